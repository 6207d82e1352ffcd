# Every unit test again, with the Nth allocation of the library failing: `make torture`, and a slice of it in `make check`.
# Not those with threads, servers and sockets of their own that take many seconds each, nor those of simulated exchanges, which
# end when memory is out.
TORTURED := $(filter-out $(UNIT_sim) %/test_stream_faults %/test_http_websocket_load %/test_http_websocket_tls %/test_http_tls %/test_http %/test_http_websocket,$(UNIT))
TORTURE  := $(TORTURED:$(BUILD)/tests/unit/%=$(BUILD)/torture/unit/%)

# The library's calls for memory go to tests/torture/torture.h, and its code is in a section of its own.
$(BUILD)/torture/obj/%.o: $(BUILD)/obj/%.o
	@mkdir -p $(@D)
	objcopy $(foreach s,.text .text.unlikely .text.startup .text.hot .text.exit,--rename-section $(s)=bourse_text) \
	  $(foreach f,malloc calloc realloc free sodium_malloc sodium_free,--redefine-sym $(f)=torture_$(f)) $< $@

define torture_room
$(BUILD)/torture/unit/$(1)/%: tests/unit/$(1)/%.c tests/torture/torture.h $$(foreach r,$$(UNDER_$(1)),$$(patsubst %.c,$(BUILD)/torture/obj/%.o,$$(SRC_$$(r))))
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS_ALL) -DTEST_TORTURE -Itests $$< $$(filter %.o,$$^) -o $$@ $$(LIBS) $$(LIBS_$(1)) -lpthread
endef
$(foreach r,$(ROOMS),$(eval $(call torture_room,$(r))))
.SECONDARY: # objects under torture are kept

# The same over the cases of the fixtures (streams are starved by bad_input).
$(BUILD)/obj/tests/torture/%.o: CFLAGS_ALL += -Itests
$(eval $(call suite,torture,tests/torture/fixtures.c tests/conformance/fixture.c))

ifeq ($(SAN),)
SUITES += $(TORTURE)
endif

.PHONY: torture
torture: $(TORTURE) $(BUILD)/tests/torture
	@failed=0; $(BUILD)/tests/torture tests/fixtures || failed=1; for t in $(TORTURE); do $$t || failed=1; done; exit $$failed
