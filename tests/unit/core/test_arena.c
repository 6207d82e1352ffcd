#include "core/arena.h"

#include <stdint.h>

#include "test.h"

/* Counts what is out, and fails the allocation number `fail_at` (0: none). */
typedef struct counter {
  int live;
  int calls;
  int fail_at;
} counter;

static void *counted_allocate(void *user_data, size_t size) {
  counter *c = user_data;
  if (++c->calls == c->fail_at) return NULL;
  void *memory = malloc(size);
  if (memory == NULL) return NULL;
  memset(memory, 0xAB, size); /* so that what must be zero is not so by chance */
  c->live++;
  return memory;
}

static void *counted_reallocate(void *user_data, void *memory, size_t size) {
  counter *c = user_data;
  return ++c->calls == c->fail_at ? NULL : realloc(memory, size);
}

static void counted_release(void *user_data, void *memory) {
  counter *c = user_data;
  c->live--;
  free(memory);
}

static bourse_allocator counted(counter *c) {
  bourse_allocator allocator = {c, counted_allocate, counted_reallocate, counted_release};
  return allocator;
}

static int is_zero(const void *memory, size_t size) {
  const unsigned char *p = memory;
  for (size_t i = 0; i < size; i++)
    if (p[i] != 0) return 0;
  return 1;
}

TEST(memory_is_zeroed_aligned_and_apart) {
  counter c = {0, 0, 0};
  bourse_allocator allocator = counted(&c);
  bourse_arena *arena = bourse__arena_new(&allocator, 64);
  unsigned char *taken[200];
  size_t sizes[200];
  for (size_t i = 0; i < 200; i++) {
    sizes[i] = i * 7 % 331;
    taken[i] = bourse_arena_alloc(arena, sizes[i]);
    CHECK(taken[i] != NULL && (uintptr_t)taken[i] % 16 == 0 && is_zero(taken[i], sizes[i]));
    memset(taken[i], (int)i + 1, sizes[i]);
    CHECK(bourse_arena_copy(arena, "abc", 3) != NULL); /* shifts the cursor off its alignment */
  }
  for (size_t i = 0; i < 200; i++)
    for (size_t j = 0; j < sizes[i]; j++) CHECK(taken[i][j] == (unsigned char)(i + 1));
  CHECK(bourse__arena_bytes(arena) > 200 * 100);
  bourse__arena_free(arena);
  CHECK_INT(c.live, 0);
}

TEST(blocks_grow_geometrically) {
  counter c = {0, 0, 0};
  bourse_allocator allocator = counted(&c);
  bourse_arena *arena = bourse__arena_new(&allocator, 0);
  for (int i = 0; i < 100000; i++) CHECK(bourse_arena_alloc(arena, 48) != NULL);
  CHECK(c.calls < 20);
  CHECK(bourse__arena_bytes(arena) < 3 * 4800000);
  CHECK(bourse_arena_alloc(arena, 50000000) != NULL); /* more than any block would have */
  bourse__arena_free(arena);
  CHECK_INT(c.live, 0);
  bourse__arena_free(NULL);
}

TEST(reset_keeps_the_largest_block_only) {
  counter c = {0, 0, 0};
  bourse_allocator allocator = counted(&c);
  bourse_arena *arena = bourse__arena_new(&allocator, 128);
  bourse__arena_reset(arena);
  CHECK_INT(c.live, 1);
  for (int i = 0; i < 100; i++) memset(bourse_arena_alloc(arena, 1000), 1, 1000);
  size_t before = bourse__arena_bytes(arena);
  bourse__arena_reset(arena);
  CHECK_INT(c.live, 2);
  CHECK(bourse__arena_bytes(arena) < before && bourse__arena_bytes(arena) > before / 4);
  int calls = c.calls;
  void *memory = bourse_arena_alloc(arena, 10000);
  CHECK(memory != NULL && is_zero(memory, 10000)); /* although it was used before */
  CHECK_INT(c.calls, calls);
  bourse__arena_free(arena);
  CHECK_INT(c.live, 0);
}

TEST(copy_and_format) {
  bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 32);
  CHECK_STR(bourse_arena_copy(arena, "BTCUSDT and more", 7), "BTCUSDT");
  CHECK_STR(bourse_arena_copy(arena, NULL, 0), "");
  CHECK_STR(bourse_arena_format(arena, "%s-%d", "BTC", 42), "BTC-42");
  CHECK_STR(bourse_arena_format(arena, "%s", ""), "");
  char *text = bourse_arena_format(arena, "%0200d", 7);
  CHECK_INT(text == NULL ? 0 : strlen(text), 200);
  bourse__arena_free(arena);
}

TEST(memory_running_out_is_reported) {
  for (int fail_at = 1; fail_at < 8; fail_at++) {
    counter c = {0, 0, fail_at};
    bourse_allocator allocator = counted(&c);
    bourse_arena *arena = bourse__arena_new(&allocator, 64);
    int failures = arena == NULL;
    if (arena != NULL) {
      for (int i = 0; i < 8; i++) failures += bourse_arena_alloc(arena, 40u << i) == NULL;
      failures += bourse_arena_copy(arena, "x", 1) == NULL;
      failures += bourse_arena_format(arena, "%d", 1) == NULL;
    }
    CHECK_INT(failures, 1); /* and it works again afterwards */
    bourse__arena_free(arena);
    CHECK_INT(c.live, 0);
  }
  bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 64);
  CHECK(bourse_arena_alloc(arena, SIZE_MAX) == NULL);
  CHECK(bourse_arena_alloc(arena, SIZE_MAX - 8) == NULL);
  CHECK(bourse_arena_copy(arena, "x", SIZE_MAX) == NULL);
  bourse__arena_free(arena);
}

TEST(plain_allocation) {
  counter c = {0, 0, 0};
  bourse_allocator allocator = counted(&c);
  char *memory = bourse__alloc(&allocator, 100);
  CHECK(memory != NULL && is_zero(memory, 100));
  char *larger = bourse__realloc(&allocator, memory, 200);
  CHECK(larger != NULL && is_zero(larger, 100));
  bourse__release(&allocator, larger == NULL ? memory : larger); /* what cannot grow is kept */
  bourse__release(&allocator, NULL);
  memory = bourse__realloc(&allocator, NULL, 10);
  CHECK(memory != NULL);
  bourse__release(&allocator, memory);
  memory = bourse__duplicate(&allocator, "text");
  CHECK_STR(memory, "text");
  bourse__release(&allocator, memory);
  CHECK(bourse__duplicate(&allocator, NULL) == NULL);
  memory = bourse__alloc(&allocator, 0);
  CHECK(memory != NULL);
  bourse__release(&allocator, memory);
  CHECK_INT(c.live, 0);
  c.fail_at = c.calls + 1;
  CHECK(bourse__alloc(&allocator, 1) == NULL);
  c.fail_at = c.calls + 1;
  CHECK(bourse__duplicate(&allocator, "x") == NULL);
  memory = bourse__default_allocator.allocate(NULL, 8);
  larger = bourse__default_allocator.reallocate(NULL, memory, 16);
  CHECK(larger != NULL);
  bourse__default_allocator.release(NULL, larger == NULL ? memory : larger);
}

TEST_MAIN()
