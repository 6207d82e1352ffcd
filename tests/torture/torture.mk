# Every unit test again, with the Nth allocation of the library failing: `make torture`, and a slice of it in `make check`.
# Not those with threads and sockets of their own that take many seconds each.
TORTURED := $(filter-out %/test_stream_faults %/test_http_websocket_load %/test_http_websocket_tls %/test_http_tls %/test_http %/test_http_websocket,$(UNIT))
TORTURE  := $(TORTURED:$(BUILD)/tests/unit/%=$(BUILD)/torture/unit/%)

# The library's calls for memory go to tests/torture/torture.h, and its code is in a section of its own.
$(BUILD)/torture/obj/%.o: $(BUILD)/obj/%.o
	@mkdir -p $(@D)
	objcopy $(foreach s,.text .text.unlikely .text.startup .text.hot .text.exit,--rename-section $(s)=bourse_text) \
	  $(foreach f,malloc calloc realloc sodium_malloc,--redefine-sym $(f)=torture_$(f)) $< $@

define torture_room
$(BUILD)/torture/unit/$(1)/%: tests/unit/$(1)/%.c tests/torture/torture.h $$(foreach r,$$(UNDER_$(1)),$$(patsubst %.c,$(BUILD)/torture/obj/%.o,$$(SRC_$$(r))))
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS_ALL) -DTEST_TORTURE -Itests $$< $$(filter %.o,$$^) -o $$@ $$(LIBS) $$(LIBS_$(1)) -lpthread
endef
$(foreach r,core sign net book store api exchange,$(eval $(call torture_room,$(r))))

.PHONY: torture
torture: $(TORTURE)
	@failed=0; for t in $(TORTURE); do $$t || failed=1; done; exit $$failed
