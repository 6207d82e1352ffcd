/* core/arena.h - making and ending arenas, and plain allocation through the host's allocator. */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <bourse/sys/arena.h>

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
