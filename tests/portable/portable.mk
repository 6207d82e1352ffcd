# The rooms that need nothing but C (core: numbers, JSON, text, arenas; book: order books) on other machines and C libraries:
# big-endian S/390 under qemu, and musl. `make check-portable`; not part of check. The other rooms need libcurl, mbedTLS and
# libsodium, which Debian does not build for musl, and which were not tried for S/390; compilers have no integers of 128 bits (core/wide.h)
# for machines of 32.
DEPS_PORTABLE := gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user musl-tools
PORTABLE_s390x := s390x-linux-gnu-gcc
PORTABLE_musl  := musl-gcc
RUNNER_s390x   := qemu-s390x
PORTABLE_TESTS := $(wildcard tests/unit/core/test_*.c) $(filter-out %/test_checksum.c,$(wildcard tests/unit/book/test_*.c))

define portable
$(BUILD)/portable/$(1)/obj/%.o: %.c
	@mkdir -p $$(@D)
	$(PORTABLE_$(1)) -std=c11 -D_GNU_SOURCE -O1 $(WARN) -Iinclude -Ilib -MMD -MP -c $$< -o $$@
$(BUILD)/portable/$(1)/%: tests/unit/%.c $(patsubst %.c,$(BUILD)/portable/$(1)/obj/%.o,$(SRC_core) $(SRC_book))
	@mkdir -p $$(@D)
	$(PORTABLE_$(1)) -std=c11 -D_GNU_SOURCE -O1 $(WARN) -static -Iinclude -Ilib -Itests $$< $$(filter %.o,$$^) -o $$@
.PHONY: check-portable-$(1)
check-portable-$(1): $(patsubst tests/unit/%.c,$(BUILD)/portable/$(1)/%,$(PORTABLE_TESTS))
	@set -e; for t in $$^; do $(RUNNER_$(1)) $$$$t; done
endef
$(foreach m,s390x musl,$(eval $(call portable,$(m))))

.PHONY: check-portable
check-portable: check-portable-s390x check-portable-musl
