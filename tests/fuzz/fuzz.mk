# Fuzz targets (clang). `make fuzz` runs each for FUZZ_SECONDS (`make fuzz-json` one, `make -j9 fuzz` all at once); what they found and
# were given is replayed in `make check` without libFuzzer.
FUZZ_TARGETS := json decimal seal websocket stream rest store arguments sim
FUZZ_SAN     := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_FLAGS   := -std=c11 -D_GNU_SOURCE -g -O1 -Iinclude -Ilib -Itests -Isrc -I. -MMD -MP $(FUZZ_SAN)
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
FUZZ_sim       := $(SRC_sim)
# It needs these, but does not look at them: what is not counted runs faster. So does libFuzzer without its entropic schedule.
FUZZ_UNDER_sim := $(FUZZ_ROOMS)
FUZZ_sim_flags := -entropic=0

$(BUILD)/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	clang $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -c $< -o $@

$(BUILD)/fuzz/under/%.o: %.c
	@mkdir -p $(@D)
	clang $(FUZZ_FLAGS) -c $< -o $@

FUZZ_CONSTANTS := $(BUILD)/fuzz/obj/lib/api/constants.o $(BUILD)/fuzz/under/lib/api/constants.o
$(FUZZ_CONSTANTS): FUZZ_FLAGS += -I$(BUILD)/gen
$(FUZZ_CONSTANTS): $(BUILD)/gen/api/constants.inc

define fuzz_target
$(BUILD)/fuzz/$(1): $(BUILD)/fuzz/obj/tests/fuzz/fuzz_$(1).o $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(FUZZ_$(1))) \
  $(patsubst %.c,$(BUILD)/fuzz/under/%.o,$(FUZZ_UNDER_$(1)))
	clang -fsanitize=fuzzer $$(FUZZ_SAN) $$^ -o $$@ $$(FUZZ_LIBS)
$(BUILD)/tests/replay_$(1): tests/fuzz/fuzz_$(1).c tests/fuzz/replay.c $(call obj,$(FUZZ_$(1)) $(FUZZ_UNDER_$(1)))
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS_ALL) -Itests -Isrc -I. $$(filter %.c,$$^) $$(filter %.o,$$^) -o $$@ $$(FUZZ_LIBS)
SUITES += $(BUILD)/tests/replay_$(1)
.PHONY: fuzz-$(1)
fuzz-$(1): $(BUILD)/fuzz/$(1)
	@echo "== $(1)"; mkdir -p $(BUILD)/fuzz/corpus_$(1)
	@$(BUILD)/fuzz/$(1) -max_total_time=$(FUZZ_SECONDS) $(FUZZ_$(1)_flags) -print_final_stats=1 $(BUILD)/fuzz/corpus_$(1) \
	  tests/fuzz/corpus/$(1) >$(BUILD)/fuzz/$(1).log 2>&1; code=$$$$?; tail -n 12 $(BUILD)/fuzz/$(1).log; exit $$$$code
endef
$(foreach t,$(FUZZ_TARGETS),$(eval $(call fuzz_target,$(t))))

.PHONY: fuzz
fuzz: $(FUZZ_TARGETS:%=fuzz-%)
