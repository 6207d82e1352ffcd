# The suites over whole exchanges: programs that take paths (see the README of each kind of data). Part of `make check`.
SUPPORT_OBJ := $(call obj,$(wildcard tests/support/*.c))
SUITE_LIBS  := $(LIBS) -lcrypto -lz

$(BUILD)/obj/tests/support/%.o $(BUILD)/obj/tests/oracle/%.o $(BUILD)/obj/tests/recordings/%.o \
$(BUILD)/obj/tests/conformance/%.o $(BUILD)/obj/tests/cli/%.o: CFLAGS_ALL += -Itests

define suite
$(BUILD)/tests/$(1): $(call obj,$(2)) $(SUPPORT_OBJ) $(BUILD)/libbourse.a
	@mkdir -p $$(@D)
	$$(CC) $$(OPT) $$(SAN_FLAGS) $$(CFLAGS) $$(LDFLAGS) $$(filter %.o,$$^) $(BUILD)/libbourse.a -o $$@ $$(SUITE_LIBS)
SUITES += $(BUILD)/tests/$(1)
endef
$(eval $(call suite,oracle,$(wildcard tests/oracle/*.c)))
$(eval $(call suite,recordings,$(wildcard tests/recordings/*.c)))
$(eval $(call suite,conformance,tests/conformance/conformance.c tests/conformance/streams.c tests/conformance/fixture.c))
$(eval $(call suite,ways,tests/conformance/ways.c tests/conformance/fixture.c))
$(eval $(call suite,bad_input,tests/conformance/bad_input.c tests/conformance/bad_messages.c tests/conformance/streams.c tests/conformance/bad_replies.c tests/conformance/fixture.c))
# Not a suite: an exchange played from a recording, which the tests of the program watch.
$(eval $(call suite,ws_serve,tests/cli/ws_serve.c))
$(BUILD)/tests/ws_serve: SUITE_LIBS += -lmbedcrypto # of its own, whatever the library signs with
