# Measurements: make bench. Peers are Debian packages (DEPS_BENCH) and used here only.
BENCH := $(BUILD)/bench/decode $(BUILD)/bench/sign $(BUILD)/bench/rest $(BUILD)/bench/idle $(BUILD)/bench/stream \
         $(BUILD)/bench/sign_openssl
BENCH_CFLAGS = $(CFLAGS_ALL) -Itests/bench -Itests

$(BUILD)/bench/%.o: tests/bench/%.c
	@mkdir -p $(@D)
	$(CC) $(BENCH_CFLAGS) -c $< -o $@

$(BUILD)/bench/peers.o: tests/bench/peers.cc
	@mkdir -p $(@D)
	$(CXX) -std=c++17 $(OPT) -Wall -Wextra -MMD -MP -c $< -o $@

$(BUILD)/bench/decode: $(BUILD)/bench/decode.o $(BUILD)/bench/payload.o $(BUILD)/bench/peers.o $(BUILD)/libbourse.a
	$(CXX) $(SAN_FLAGS) $^ -o $@ $(LIBS) -lcjson -lsimdjson

$(BUILD)/bench/stream: $(BUILD)/bench/stream.o $(BUILD)/bench/peers.o $(SUPPORT_OBJ) $(BUILD)/libbourse.a
	$(CXX) $(SAN_FLAGS) $^ -o $@ $(LIBS) -lsimdjson

$(BUILD)/bench/sign: $(BUILD)/bench/sign.o $(BUILD)/bench/payload.o $(BUILD)/libbourse.a
	$(CC) $(SAN_FLAGS) $^ -o $@ $(LIBS) -lmbedcrypto

# The same with the library as `make CRYPTO=openssl` makes it.
.PHONY: $(BUILD)/openssl/libbourse.a
ifeq ($(CRYPTO),mbedtls)
$(BUILD)/openssl/libbourse.a:
	@$(MAKE) -s CRYPTO=openssl $@
endif
$(BUILD)/bench/sign_openssl: $(BUILD)/bench/sign.o $(BUILD)/bench/payload.o $(BUILD)/openssl/libbourse.a
	$(CC) $(SAN_FLAGS) $^ -o $@ $(LIBS) -lcrypto -lmbedcrypto

$(BUILD)/bench/rest: $(BUILD)/bench/rest.o $(BUILD)/libbourse.a
	$(CC) $(SAN_FLAGS) $^ -o $@ $(LIBS) -lpthread

$(BUILD)/bench/idle: $(BUILD)/bench/idle.o $(BUILD)/libbourse.a
	$(CC) $(SAN_FLAGS) $^ -o $@ $(LIBS)

.PHONY: bench
bench: $(BENCH)
	@BUILD=$(BUILD) tests/bench/run.sh

# Beside ccxt, which npm brings; nothing of it is kept in the sources.
.PHONY: bench-ccxt
bench-ccxt: $(BUILD)/bench/stream
	@mkdir -p $(BUILD)/ccxt
	@test -d $(BUILD)/ccxt/node_modules/ccxt || { echo '{"private":true}' > $(BUILD)/ccxt/package.json; \
	  npm install --prefix $(BUILD)/ccxt --no-audit --no-fund --ignore-scripts ccxt; }
	@BUILD=$(BUILD) tests/bench/run.sh ccxt
