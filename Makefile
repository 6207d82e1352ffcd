# libbourse. `make deps demo` on a fresh Debian shows it working; `make deps check` tests it. Build output goes to $(BUILD).
#
#   make              static and shared library, and the program
#   make deps         installs the Debian packages named below (says what it would do when it may not)
#   make demo         the main job, on the paper exchange and on a reply of Binance's, without a network
#   make check        all tests
#   make install      to $(DESTDIR)$(PREFIX); make uninstall
#   make deb          Debian packages, in build/deb; make dist: a tarball of what is committed
#   make SAN=asan     (ubsan, tsan) the same, built with a sanitizer, under build/$(SAN)
#   make check-sim-clients   ccxt and exchanges' SDKs from npm, against bourse sim; needs node
#   make check-portable   core and books on other machines (big-endian, 32 bits; qemu) and with musl
#   make check-abi    whether what was built with an earlier release still works
#   make sim          the whole system on virtual time, SEEDS runs; make kill: a process killed KILLS times
#   make fuzz         fuzz targets (clang); FUZZ_SECONDS each
#   make torture      unit tests and fixtures with each allocation failing; takes long
#   make bench        measurements; they are not tests. make bench-ccxt: beside ccxt from npm
#   make CRYPTO=openssl   with OpenSSL's libcrypto instead of mbedTLS, under build/openssl: ES256 (Coinbase) forty times as fast
#   make EXCHANGES="binance"   only these exchanges (paper is always there)
VERSION   := 0.1.0
SOVERSION := 0.1
BUILD  ?= build
PREFIX ?= /usr/local
LIBDIR ?= $(PREFIX)/lib
CC     ?= cc
CXX    ?= c++
OPT    ?= -O2 -g
SAN    ?=
CRYPTO ?= mbedtls
EXCHANGES ?= binance bybit coinbase kraken kucoin okx
FUZZ_SECONDS ?= 600

DEPS       := gcc make pkg-config libcurl4-openssl-dev libmbedtls-dev libsodium-dev zlib1g-dev libcjson-dev libssl-dev libwslay-dev
DEPS_CHECK := libev-dev libuv1-dev openssl valgrind g++ python3-cffi luajit golang-go abigail-tools
DEPS_BENCH := g++ libsimdjson-dev rapidjson-dev libjsmn-dev
DEPS_DEB   := debhelper dpkg-dev
DEPS_FUZZ  := clang libclang-rt-14-dev

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
SAN_FLAGS_asan  := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SAN_FLAGS_ubsan := -fsanitize=undefined -fno-sanitize-recover=all
SAN_FLAGS_tsan  := -fsanitize=thread
SAN_FLAGS := $(if $(SAN),$(SAN_FLAGS_$(SAN)))
ifneq ($(SAN),)
BUILD := $(BUILD)/$(SAN)
endif
ifneq ($(CRYPTO),mbedtls)
BUILD := $(BUILD)/$(CRYPTO)
endif
LIBS_CRYPTO_mbedtls := -lmbedcrypto
LIBS_CRYPTO_openssl := -lcrypto
LIBS_CRYPTO := $(or $(LIBS_CRYPTO_$(CRYPTO)),$(error CRYPTO is $(CRYPTO); there are mbedtls and openssl))

ALL_EXCHANGES := binance bybit coinbase kraken kucoin okx
WITHOUT := $(foreach e,$(filter-out $(EXCHANGES),$(ALL_EXCHANGES)),-DBOURSE_WITHOUT_$(shell echo $(e) | tr a-z A-Z))

# GCC for x86 clears and copies records of some hundred bytes by "rep stos", which takes as long as reading a small message.
TUNE := -mmemset-strategy=vector_loop:192:noalign,libcall:-1:noalign -mmemcpy-strategy=vector_loop:192:noalign,libcall:-1:noalign
TUNE := $(if $(shell $(CC) $(TUNE) -E -x c /dev/null >/dev/null 2>&1 && echo yes),$(TUNE))

CFLAGS_ALL := -std=c11 -D_GNU_SOURCE $(OPT) $(TUNE) $(WARN) -fPIC -fvisibility=hidden -fno-semantic-interposition $(SAN_FLAGS) \
              $(WITHOUT) -Iinclude -Ilib -MMD -MP $(CFLAGS)
LIBS := -lcurl $(LIBS_CRYPTO) -lsodium -lz
# Of the program alone: simulated exchanges share no code with what they check.
LIBS_SIM := -lcjson -lwslay -lssl -lcrypto

ROOMS        := core store sign net book api exchange
SRC_core     := $(wildcard lib/core/*.c)
SRC_store    := $(wildcard lib/store/*.c)
SRC_sign     := $(filter-out lib/sign/backend_%.c,$(wildcard lib/sign/*.c)) lib/sign/backend_$(CRYPTO).c
LOOP         := $(if $(filter %BSD DragonFly Darwin,$(shell uname -s)),kqueue,epoll)
SRC_net      := $(filter-out lib/net/loop_%.c,$(wildcard lib/net/*.c)) lib/net/loop_$(LOOP).c
SRC_book     := $(wildcard lib/book/*.c)
SRC_api      := $(wildcard lib/api/*.c)
SRC_exchange := $(foreach e,$(EXCHANGES) paper,$(wildcard lib/exchange/$(e)/*.c))
SRC_program  := $(wildcard src/*.c)
SRC_sim      := $(filter-out src/sim/serve.c,$(wildcard src/sim/*.c))
HEADERS      := include/bourse.h $(wildcard include/bourse/*.h include/bourse/sys/*.h)
obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB_OBJ := $(foreach r,$(ROOMS),$(call obj,$(SRC_$(r))))
# Of the library, what each message, order and reader of replies goes through is made fast, and the rest small: `make bench` counts.
HOT := $(filter-out %/log.c %/names.c %/error.c %/version.c,$(SRC_core)) $(SRC_book) \
       $(addprefix lib/net/,limiter.c websocket.c websocket_deflate.c) \
       $(patsubst %,lib/api/%.c,asked book_read call emit exchanging failure payload reading record_copy replay request \
         running stream_queue submit tables topics) \
       $(filter %/stream.c %/stream_feed.c %/stream_market.c %/futures_stream.c, \
           $(foreach e,$(EXCHANGES),$(wildcard lib/exchange/$(e)/*.c)))
small = $(if $(filter-out $(HOT),$(filter lib/%,$(1))),$(if $(filter -O2,$(OPT)),-Os))
SIM_OBJ := $(call obj,$(SRC_sim)) # bytes in, bytes out: what tests link
PROGRAM_OBJ := $(call obj,$(SRC_program) src/sim/serve.c) $(SIM_OBJ)

.PHONY: all
all: $(BUILD)/libbourse.a $(BUILD)/libbourse.so $(BUILD)/bourse $(BUILD)/bourse.pc $(BUILD)/bourse.cdef

# Written anew only when compiler, flags or exchanges are others than the last time: then all is built again.
BUILT_WITH := $(CC) $(CFLAGS_ALL) $(EXCHANGES) $(CRYPTO)
$(BUILD)/built-with: FORCE
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(BUILT_WITH))' | cmp -s - $@ || echo '$(subst ','\'',$(BUILT_WITH))' > $@
.PHONY: FORCE
FORCE:

$(BUILD)/obj/%.o: %.c $(BUILD)/built-with
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(call small,$<) -c $< -o $@

$(BUILD)/libbourse.a: $(LIB_OBJ) $(BUILD)/built-with
	@rm -f $@
	ar rcs $@ $(LIB_OBJ)

# Exported is what the headers declare with BOURSE_API, and nothing else.
$(BUILD)/bourse.map: $(HEADERS)
	@mkdir -p $(@D)
	@{ echo "BOURSE_$(SOVERSION) {"; echo "  global:"; \
	   grep -hv '^ *#' $(HEADERS) | tr '\n' ' ' | grep -oE 'BOURSE_API [^;(]*\(' | sed -E 's/.*[ *](bourse_[a-z0-9_]+)\($$/    \1;/' | sort -u; \
	   echo "  local: *;"; echo "};"; } > $@

# The headers as declarations alone, for LuaJIT and cffi; and their constants as a table of the library's own.
$(BUILD)/bourse.cdef: include/cdef.sh $(HEADERS)
	@mkdir -p $(@D)
	include/cdef.sh include "$(CC)" > $@.new && mv $@.new $@

$(BUILD)/gen/api/constants.inc: $(BUILD)/bourse.cdef
	@mkdir -p $(@D)
	grep -oE '\bBOURSE_[A-Z0-9_]+ = -?[0-9]+' $< | sed -E 's/(.*) = (.*)/{"\1", INT64_C(\2)},/' | LC_ALL=C sort > $@.new && mv $@.new $@

$(BUILD)/obj/lib/api/constants.o: CFLAGS_ALL += -I$(BUILD)/gen
$(BUILD)/obj/lib/api/constants.o: $(BUILD)/gen/api/constants.inc

$(BUILD)/libbourse.so.$(VERSION): $(LIB_OBJ) $(BUILD)/bourse.map
	$(CC) -shared $(OPT) $(SAN_FLAGS) -Wl,-soname,libbourse.so.$(SOVERSION) -Wl,--version-script,$(BUILD)/bourse.map \
	  -Wl,-z,relro,-z,now,-z,defs -Wl,-Bsymbolic-functions -Wl,--gc-sections $(LDFLAGS) $(LIB_OBJ) -o $@ $(LIBS)

$(BUILD)/libbourse.so: $(BUILD)/libbourse.so.$(VERSION)
	ln -sf libbourse.so.$(VERSION) $(BUILD)/libbourse.so.$(SOVERSION)
	ln -sf libbourse.so.$(SOVERSION) $@

$(BUILD)/bourse: $(PROGRAM_OBJ) $(BUILD)/libbourse.a
	$(CC) $(OPT) $(SAN_FLAGS) $(LDFLAGS) $(PROGRAM_OBJ) $(BUILD)/libbourse.a -o $@ $(LIBS) $(LIBS_SIM)

$(BUILD)/bourse.pc: pkgconfig/bourse.pc.in Makefile
	@mkdir -p $(@D)
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|; s|@LIBS_CRYPTO@|$(LIBS_CRYPTO)|' $< > $@

# --- Packages ---
.PHONY: deps
deps:
	@want=""; for p in $(DEPS) $(DEPS_CHECK); do dpkg -s $$p >/dev/null 2>&1 || want="$$want $$p"; done; \
	if [ -z "$$want" ]; then echo "all packages are installed"; \
	elif [ "$$(id -u)" = 0 ]; then apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$want; \
	elif command -v sudo >/dev/null 2>&1; then sudo apt-get update && sudo apt-get install -y --no-install-recommends $$want; \
	else echo "not root, and no sudo; install these first: apt-get install$$want"; exit 1; fi

# --- Installing ---
.PHONY: install uninstall
INC := $(DESTDIR)$(PREFIX)/include
LIB := $(DESTDIR)$(LIBDIR)
install: all
	install -d $(INC)/bourse/sys $(LIB)/pkgconfig $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 644 include/bourse.h $(INC)/
	install -m 644 $(wildcard include/bourse/*.h) $(INC)/bourse/
	install -m 644 $(wildcard include/bourse/sys/*.h) $(INC)/bourse/sys/
	install -m 644 $(BUILD)/libbourse.a $(LIB)/
	install -m 755 $(BUILD)/libbourse.so.$(VERSION) $(LIB)/
	ln -sf libbourse.so.$(VERSION) $(LIB)/libbourse.so.$(SOVERSION)
	ln -sf libbourse.so.$(SOVERSION) $(LIB)/libbourse.so
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|; s|@LIBS_CRYPTO@|$(LIBS_CRYPTO)|' pkgconfig/bourse.pc.in > $(LIB)/pkgconfig/bourse.pc
	install -d $(DESTDIR)$(PREFIX)/share/bourse $(DESTDIR)$(PREFIX)/share/man/man3
	install -m 644 src/man/libbourse.3 $(DESTDIR)$(PREFIX)/share/man/man3/
	@for h in $(notdir $(wildcard include/bourse/*.h)); do \
	  awk -v name=bourse_$${h%.h} -v version=$(VERSION) -f src/man/header.awk include/bourse/$$h \
	    > $(DESTDIR)$(PREFIX)/share/man/man3/bourse_$${h%.h}.3 || exit 1; done
	install -m 644 $(BUILD)/bourse.cdef $(DESTDIR)$(PREFIX)/share/bourse/
	install -m 755 $(BUILD)/bourse $(DESTDIR)$(PREFIX)/bin/
	install -m 644 src/man/bourse.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 src/completion/bourse.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/bourse
	install -m 644 src/completion/_bourse $(DESTDIR)$(PREFIX)/share/zsh/site-functions/
	install -m 644 src/completion/bourse.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/share/man/man3/libbourse.3 \
	  $(patsubst include/bourse/%.h,$(DESTDIR)$(PREFIX)/share/man/man3/bourse_%.3,$(wildcard include/bourse/*.h))
	rm -rf $(INC)/bourse $(INC)/bourse.h $(DESTDIR)$(PREFIX)/share/bourse
	rm -f $(LIB)/libbourse.a $(LIB)/libbourse.so $(LIB)/libbourse.so.$(SOVERSION) $(LIB)/libbourse.so.$(VERSION) \
	  $(LIB)/pkgconfig/bourse.pc $(DESTDIR)$(PREFIX)/bin/bourse $(DESTDIR)$(PREFIX)/share/man/man1/bourse.1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions/bourse $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_bourse \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/bourse.fish

# --- Packages of our own ---
.PHONY: deb dist
deb:
	dpkg-buildpackage -b -us -uc
	@mkdir -p $(BUILD)/deb && mv ../libbourse*_$(VERSION)*.deb ../bourse_$(VERSION)*.deb ../bourse-dbgsym_$(VERSION)*.deb \
	  ../bourse_$(VERSION)*.buildinfo ../bourse_$(VERSION)*.changes $(BUILD)/deb/ 2>/dev/null; ls $(BUILD)/deb/*.deb

dist:
	@mkdir -p $(BUILD)
	git archive --prefix=bourse-$(VERSION)/ HEAD | gzip -n > $(BUILD)/bourse-$(VERSION).tar.gz
	@ls $(BUILD)/bourse-$(VERSION).tar.gz

# --- Tests ---
# Unit tests: tests/unit/<room>/test_*.c, each a program, linked with its room and the rooms below it only. mbedTLS verifies
# what was signed and sealed, whichever backend did that.
LIBS_sign  := -lmbedcrypto
LIBS_net   := -lssl -lcrypto -lmbedcrypto
LIBS_sim   := $(LIBS_SIM)
UNDER_core := core
UNDER_store := core store
UNDER_sign := core sign
UNDER_net  := core sign net
UNDER_book := core book
UNDER_api  := $(ROOMS)
UNDER_exchange := $(ROOMS)
UNDER_sim  := $(ROOMS) sim
define unit_room
UNIT_$(1) := $$(patsubst tests/unit/$(1)/%.c,$(BUILD)/tests/unit/$(1)/%,$$(wildcard tests/unit/$(1)/test_*.c))
$$(UNIT_$(1)): $(BUILD)/tests/unit/$(1)/%: tests/unit/$(1)/%.c $$(foreach r,$$(UNDER_$(1)),$$(call obj,$$(SRC_$$(r))))
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS_ALL) -Itests $(if $(filter sim,$(1)),-Isrc) $$< $$(filter %.o,$$^) -o $$@ $$(LIBS) $$(LIBS_$(1)) -lpthread
.PHONY: unit-$(1)
unit-$(1): $$(UNIT_$(1))
	@set -e; for t in $$(UNIT_$(1)); do $$$$t; done
UNIT += $$(UNIT_$(1))
endef
$(foreach r,$(ROOMS) sim,$(eval $(call unit_room,$(r))))

-include tests/suites.mk tests/fuzz/fuzz.mk tests/torture/torture.mk tests/sim/sim.mk tests/bench/bench.mk tests/portable/portable.mk

.PHONY: check
check: all $(UNIT) $(SUITES)
	@BUILD=$(BUILD) CC="$(CC)" SAN="$(SAN)" CRYPTO="$(CRYPTO)" EXCHANGES_LEFT_OUT="$(WITHOUT)" tests/run.sh $(UNIT)

# Clients that others wrote, from npm, against simulated exchanges; SIM_CLIENTS="binance" for some of them.
SIM_CLIENTS ?=
.PHONY: check-sim-clients
check-sim-clients: $(BUILD)/bourse
	@mkdir -p $(BUILD)/sim-clients && cp tests/sim-clients/* $(BUILD)/sim-clients/
	@cd $(BUILD)/sim-clients && npm install --no-audit --no-fund --loglevel=error
	@node $(BUILD)/sim-clients/run.mjs $(BUILD)/bourse $(SIM_CLIENTS)

# The README's table of capabilities, as the conformance suite prints it.
.PHONY: readme
readme: $(BUILD)/tests/conformance
	@BUILD=$(BUILD) tests/readme.sh --write

# Whether programs and adapters of earlier releases still work; part of check. pin-abi: at a release, what it has becomes law.
.PHONY: check-abi pin-abi
check-abi: all
	@BUILD=$(BUILD) CC="$(CC)" tests/abi/run.sh

pin-abi:
	tests/abi/layout.sh include "$(CC)" > tests/abi/pinned/$(SOVERSION).txt
	git rev-parse HEAD > tests/abi/baseline

.PHONY: demo
demo: all
	@BUILD=$(BUILD) LIBS="$(LIBS)" tests/demo.sh

.PHONY: format
format:
	clang-format -i $$(git ls-files '*.c' '*.h')

.PHONY: clean
clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -type f -name '*.d' 2>/dev/null)
