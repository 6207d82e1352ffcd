# The whole system on virtual time: make sim SEEDS=10000; a short run is part of make check. And a real process, killed.
SEEDS ?= 1000
KILLS ?= 1000
KILL_EXCHANGE ?= binance
KILL_SYMBOL ?= $(if $(filter kraken coinbase,$(KILL_EXCHANGE)),ETH/USD,ETH/USDT)
SIM_TEST := $(BUILD)/tests/sim

$(BUILD)/obj/tests/sim/%.o: CFLAGS_ALL += -Isrc -Itests

$(SIM_TEST)/sim: $(call obj,$(addprefix tests/sim/,main.c world.c host.c network.c store.c verdict.c)) $(SIM_OBJ) $(BUILD)/libbourse.a
	@mkdir -p $(@D)
	$(CC) $(OPT) $(SAN_FLAGS) $(LDFLAGS) $(filter %.o,$^) $(BUILD)/libbourse.a -o $@ $(LIBS) $(LIBS_SIM)

$(SIM_TEST)/kill: $(call obj,tests/sim/kill.c src/sim/serve.c) $(SIM_OBJ) $(BUILD)/libbourse.a
	@mkdir -p $(@D)
	$(CC) $(OPT) $(SAN_FLAGS) $(LDFLAGS) $(filter %.o,$^) $(BUILD)/libbourse.a -o $@ $(LIBS) $(LIBS_SIM)

$(SIM_TEST)/kill_trader: $(call obj,tests/sim/kill_trader.c) $(BUILD)/libbourse.a
	@mkdir -p $(@D)
	$(CC) $(OPT) $(SAN_FLAGS) $(LDFLAGS) $(filter %.o,$^) $(BUILD)/libbourse.a -o $@ $(LIBS)

.PHONY: sim
sim: $(SIM_TEST)/sim
	$(SIM_TEST)/sim --seeds $(SEEDS)

.PHONY: kill
kill: $(SIM_TEST)/kill $(SIM_TEST)/kill_trader
	$(SIM_TEST)/kill $(SIM_TEST)/kill_trader $(KILLS) $(KILL_EXCHANGE) $(KILL_SYMBOL)

SUITES += $(SIM_TEST)/sim $(SIM_TEST)/kill $(SIM_TEST)/kill_trader
