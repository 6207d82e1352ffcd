# libbourse. `make deps demo` on a fresh Debian shows it working; `make deps check` tests it. Build output goes to $(BUILD).
VERSION   := 0.1.0
SOVERSION := 0.1
BUILD  ?= build
PREFIX ?= /usr/local
CC     ?= cc
OPT    ?= -O2 -g
SAN    ?=

WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
SAN_FLAGS_asan  := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SAN_FLAGS_ubsan := -fsanitize=undefined -fno-sanitize-recover=all
SAN_FLAGS_tsan  := -fsanitize=thread
SAN_FLAGS := $(if $(SAN),$(SAN_FLAGS_$(SAN)))
ifneq ($(SAN),)
BUILD := build/$(SAN)
endif

CFLAGS_ALL := -std=c11 -D_GNU_SOURCE $(OPT) $(WARN) -fPIC -fvisibility=hidden -fno-semantic-interposition $(SAN_FLAGS) \
              -Iinclude -Ilib -MMD -MP $(CFLAGS)
LIBS := -lcurl -lmbedcrypto -lsodium

ROOMS   := core sign net book api exchange
SRC_core     := $(wildcard lib/core/*.c)
SRC_sign     := $(wildcard lib/sign/*.c)
SRC_net      := $(wildcard lib/net/*.c)
SRC_book     := $(wildcard lib/book/*.c)
SRC_api      := $(wildcard lib/api/*.c)
SRC_exchange := $(wildcard lib/exchange/*/*.c)
obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
LIB_OBJ := $(foreach r,$(ROOMS),$(call obj,$(SRC_$(r))))

.PHONY: all
all: $(BUILD)/libbourse.a

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -c $< -o $@

$(BUILD)/libbourse.a: $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $(LIB_OBJ)

# Unit tests: tests/unit/<room>/test_*.c, each a program, linked with its room and the rooms below it only.
UNDER_core := core
UNDER_sign := core sign
UNDER_net  := core sign net
UNDER_book := core book
UNDER_api  := $(ROOMS)
UNDER_exchange := $(ROOMS)
define unit_room
UNIT_$(1) := $$(patsubst tests/unit/$(1)/%.c,$(BUILD)/tests/unit/$(1)/%,$$(wildcard tests/unit/$(1)/test_*.c))
$$(UNIT_$(1)): $(BUILD)/tests/unit/$(1)/%: tests/unit/$(1)/%.c $$(foreach r,$$(UNDER_$(1)),$$(call obj,$$(SRC_$$(r))))
	@mkdir -p $$(@D)
	$$(CC) $$(CFLAGS_ALL) -Itests $$< $$(filter %.o,$$^) -o $$@ $$(LIBS) -lpthread
.PHONY: unit-$(1)
unit-$(1): $$(UNIT_$(1))
	@set -e; for t in $$(UNIT_$(1)); do $$$$t; done
UNIT += $$(UNIT_$(1))
endef
$(foreach r,core sign net book api exchange,$(eval $(call unit_room,$(r))))

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
