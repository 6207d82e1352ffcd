# Fuzz targets (clang). `make fuzz` runs each for FUZZ_SECONDS; their corpora are replayed in `make check` without libFuzzer.
FUZZ_TARGETS := json decimal seal websocket stream
FUZZ_SRC     := $(SRC_core) $(SRC_sign) $(wildcard lib/net/websocket*.c)
FUZZ_FLAGS   := -std=c11 -D_GNU_SOURCE -g -O1 -Iinclude -Ilib -Itests
FUZZ_LIBS    := -lcjson -lmbedcrypto -lsodium -lz

$(BUILD)/fuzz/%: tests/fuzz/fuzz_%.c $(FUZZ_SRC)
	@mkdir -p $(@D)
	clang $(FUZZ_FLAGS) -fsanitize=fuzzer,address,undefined $^ -o $@ $(FUZZ_LIBS)

$(BUILD)/tests/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(call obj,$(FUZZ_SRC))
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(filter %.c,$^) $(filter %.o,$^) -o $@ $(FUZZ_LIBS)

# Streams go through the whole library.
$(BUILD)/fuzz/stream: tests/fuzz/fuzz_stream.c $(foreach r,$(ROOMS),$(SRC_$(r)))
	@mkdir -p $(@D)
	clang $(FUZZ_FLAGS) -fsanitize=fuzzer,address,undefined $^ -o $@ $(LIBS)

$(BUILD)/tests/replay_stream: tests/fuzz/fuzz_stream.c tests/fuzz/replay.c $(LIB_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(filter %.c,$^) $(filter %.o,$^) -o $@ $(LIBS)

SUITES += $(FUZZ_TARGETS:%=$(BUILD)/tests/replay_%)

.PHONY: fuzz
fuzz: $(FUZZ_TARGETS:%=$(BUILD)/fuzz/%)
	@set -e; for t in $(FUZZ_TARGETS); do echo "== $$t"; mkdir -p $(BUILD)/fuzz/corpus_$$t; \
	  $(BUILD)/fuzz/$$t -max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 $(BUILD)/fuzz/corpus_$$t tests/fuzz/corpus/$$t 2>&1 | tail -n 12; done
