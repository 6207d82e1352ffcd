# Fuzz targets (clang). `make fuzz` runs each for FUZZ_SECONDS; their corpora are replayed in `make check` without libFuzzer.
FUZZ_TARGETS := json decimal seal websocket stream rest store arguments sim
FUZZ_FLAGS   := -std=c11 -D_GNU_SOURCE -g -O1 -Iinclude -Ilib -Itests -Isrc -I. -MMD -MP -fsanitize=fuzzer-no-link,address,undefined
FUZZ_LIBS    := $(LIBS) $(LIBS_SIM)

# What each is made of besides itself.
FUZZ_ROOMS     := $(foreach r,$(ROOMS),$(SRC_$(r)))
FUZZ_PIECES    := $(SRC_core) $(SRC_sign) $(wildcard lib/net/websocket*.c)
FUZZ_json      := $(FUZZ_PIECES)
FUZZ_decimal   := $(FUZZ_PIECES)
FUZZ_seal      := $(FUZZ_PIECES)
FUZZ_websocket := $(FUZZ_PIECES)
FUZZ_stream    := $(FUZZ_ROOMS)
FUZZ_rest      := $(FUZZ_ROOMS) $(wildcard tests/support/*.c) tests/conformance/fixture.c
FUZZ_store     := $(SRC_core) $(SRC_store)
FUZZ_arguments := $(FUZZ_ROOMS) $(wildcard tests/support/*.c) $(filter-out src/main.c,$(SRC_program)) $(wildcard src/sim/*.c)
FUZZ_sim       := $(FUZZ_ROOMS) $(SRC_sim)

$(BUILD)/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	clang $(FUZZ_FLAGS) -c $< -o $@

$(BUILD)/fuzz/obj/lib/api/constants.o: FUZZ_FLAGS += -I$(BUILD)/gen
$(BUILD)/fuzz/obj/lib/api/constants.o: $(BUILD)/gen/api/constants.inc

define fuzz_target
$(BUILD)/fuzz/$(1): $(BUILD)/fuzz/obj/tests/fuzz/fuzz_$(1).o $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(FUZZ_$(1)))
	clang -fsanitize=fuzzer,address,undefined $$^ -o $$@ $$(FUZZ_LIBS)
$(BUILD)/tests/replay_$(1): tests/fuzz/fuzz_$(1).c tests/fuzz/replay.c $(call obj,$(FUZZ_$(1)))
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS_ALL) -Itests -Isrc -I. $$(filter %.c,$$^) $$(filter %.o,$$^) -o $$@ $$(FUZZ_LIBS)
SUITES += $(BUILD)/tests/replay_$(1)
endef
$(foreach t,$(FUZZ_TARGETS),$(eval $(call fuzz_target,$(t))))

.PHONY: fuzz
fuzz: $(FUZZ_TARGETS:%=$(BUILD)/fuzz/%)
	@set -e; for t in $(FUZZ_TARGETS); do echo "== $$t"; mkdir -p $(BUILD)/fuzz/corpus_$$t; \
	  $(BUILD)/fuzz/$$t -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 $(BUILD)/fuzz/corpus_$$t tests/fuzz/corpus/$$t 2>&1 | tail -n 12; done
