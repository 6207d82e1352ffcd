/* core/arena.h - making and ending arenas, and plain allocation through the host's allocator. */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <bourse/sys/arena.h>

/* What is left of the newest block is [cursor, end). Here only for the bump below. */
struct bourse_arena {
  char *cursor;
  char *end;
  struct bourse__arena_block *newest;
  size_t next_block; /* usable size of the next block */
  size_t bytes;
  bourse_allocator allocator;
};

/* Makes a new block with room for `size` bytes at its cursor, which is aligned. 0 when memory is out. */
int32_t bourse__arena_grow(bourse_arena *arena, size_t size);

/* Memory that is neither zeroed nor aligned, for text; NULL when memory is out. */
static inline char *bourse__arena_take(bourse_arena *arena, size_t size) {
  if ((size_t)(arena->end - arena->cursor) < size && !bourse__arena_grow(arena, size)) return NULL;
  char *memory = arena->cursor;
  arena->cursor += size;
  return memory;
}

/* The same, aligned to 16 bytes. */
static inline void *bourse__arena_take_aligned(bourse_arena *arena, size_t size) {
  size_t padding = (size_t)(-(uintptr_t)arena->cursor & 15), room = (size_t)(arena->end - arena->cursor);
  if (room < padding || room - padding < size) {
    if (!bourse__arena_grow(arena, size)) return NULL;
    padding = 0;
  }
  char *memory = arena->cursor + padding;
  arena->cursor = memory + size;
  return memory;
}

/* malloc, realloc, free. */
extern const bourse_allocator bourse__default_allocator;

/* A new arena, or NULL when memory is out. The allocator is copied; `first_block` is the usable size of the first
 * block (0: a small default), which is allocated at the first use. Later blocks grow geometrically. */
bourse_arena *bourse__arena_new(const bourse_allocator *allocator, size_t first_block);

/* NULL is fine. */
void bourse__arena_free(bourse_arena *arena);

/* Everything handed out is gone; the largest block is kept for reuse. */
void bourse__arena_reset(bourse_arena *arena);

/* Bytes held from the allocator, the arena itself included. */
size_t bourse__arena_bytes(const bourse_arena *arena);

/* Zeroed memory, or NULL when memory is out. */
void *bourse__alloc(const bourse_allocator *allocator, size_t size);

/* Resizes; what is added is not zeroed. NULL when memory is out, and `memory` is then untouched. */
void *bourse__realloc(const bourse_allocator *allocator, void *memory, size_t size);

/* NULL is fine. */
void bourse__release(const bourse_allocator *allocator, void *memory);

/* A copy of a string, or NULL when memory is out or `string` is NULL. */
char *bourse__duplicate(const bourse_allocator *allocator, const char *string);

#endif
