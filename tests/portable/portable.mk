# The rooms that need nothing but C (core: numbers, JSON, text, arenas; book: order books) on other machines and C libraries:
# big-endian S/390, 32-bit ARM and 32-bit x86 under qemu, and musl. `make check-portable`; not part of check, but what it says of
# numbers made of two words is (`plain`). The other rooms need libcurl, mbedTLS and libsodium, which Debian does not build for
# musl, and which were not tried for other machines; paper's money has 128 bits of the compiler's own.
DEPS_PORTABLE := gcc-s390x-linux-gnu libc6-dev-s390x-cross gcc-arm-linux-gnueabihf libc6-dev-armhf-cross gcc-12-multilib \
                 qemu-user musl-tools
PORTABLE_s390x := s390x-linux-gnu-gcc
PORTABLE_armhf := arm-linux-gnueabihf-gcc
PORTABLE_m32   := gcc -m32
PORTABLE_musl  := musl-gcc
PORTABLE_plain := $(CC) -DBOURSE_PLAIN_WORDS
RUNNER_s390x   := qemu-s390x
RUNNER_armhf   := qemu-arm
RUNNER_m32     := qemu-i386
PORTABLE_TESTS := $(wildcard tests/unit/core/test_*.c) $(filter-out %/test_checksum.c,$(wildcard tests/unit/book/test_*.c))
# With a zlib of the machine's own.
PORTABLE_TESTS_plain := $(patsubst %,tests/unit/%.c,core/test_decimal book/test_book book/test_keeper book/test_checksum)
PORTABLE_LIBS_plain  := -lz

define portable
$(BUILD)/portable/$(1)/obj/%.o: %.c
	@mkdir -p $$(@D)
	$(PORTABLE_$(1)) -std=c11 -D_GNU_SOURCE -O1 $(WARN) -Iinclude -Ilib -MMD -MP -c $$< -o $$@
$(BUILD)/portable/$(1)/%: tests/unit/%.c $(patsubst %.c,$(BUILD)/portable/$(1)/obj/%.o,$(SRC_core) $(SRC_book))
	@mkdir -p $$(@D)
	$(PORTABLE_$(1)) -std=c11 -D_GNU_SOURCE -O1 $(WARN) -static -Iinclude -Ilib -Itests $$< $$(filter %.o,$$^) -o $$@ $(PORTABLE_LIBS_$(1))
.PHONY: check-portable-$(1)
check-portable-$(1): $(patsubst tests/unit/%.c,$(BUILD)/portable/$(1)/%,$(or $(PORTABLE_TESTS_$(1)),$(PORTABLE_TESTS)))
	@set -e; for t in $$^; do $(RUNNER_$(1)) $$$$t; done
endef
$(foreach m,s390x armhf m32 musl plain,$(eval $(call portable,$(m))))

.PHONY: check-portable
check-portable: check-portable-s390x check-portable-armhf check-portable-m32 check-portable-musl check-portable-plain

UNIT += $(patsubst tests/unit/%.c,$(BUILD)/portable/plain/%,$(PORTABLE_TESTS_plain))
