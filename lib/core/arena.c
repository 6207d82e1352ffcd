#include "core/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT           ((size_t)16)
#define SLACK               (_Alignof(max_align_t) < ALIGNMENT ? ALIGNMENT : 0) /* allocators may align less, as on ARM */
#define FIRST_BLOCK_DEFAULT ((size_t)1008)
#define NEXT_BLOCK_MAX      ((size_t)4 << 20) /* growth stops doubling here: at most this much is ever held unused */

/* The usable memory follows the header, which is a multiple of the alignment in size. */
typedef struct bourse__arena_block {
  struct bourse__arena_block *older;
  union {
    size_t size; /* usable */
    char room[ALIGNMENT - sizeof(void *)];
  };
} bourse__arena_block;

_Static_assert(sizeof(bourse__arena_block) % 16 == 0, "memory after a block header is aligned");

static void *default_allocate(void *user_data, size_t size) {
  (void)user_data;
  return malloc(size);
}

static void *default_reallocate(void *user_data, void *memory, size_t size) {
  (void)user_data;
  return realloc(memory, size);
}

static void default_release(void *user_data, void *memory) {
  (void)user_data;
  free(memory);
}

const bourse_allocator bourse__default_allocator = {NULL, default_allocate, default_reallocate, default_release};

void *bourse__alloc(const bourse_allocator *allocator, size_t size) {
  void *memory = allocator->allocate(allocator->user_data, size == 0 ? 1 : size);
  if (memory != NULL) memset(memory, 0, size);
  return memory;
}

void *bourse__realloc(const bourse_allocator *allocator, void *memory, size_t size) {
  if (memory == NULL) return allocator->allocate(allocator->user_data, size == 0 ? 1 : size);
  return allocator->reallocate(allocator->user_data, memory, size == 0 ? 1 : size);
}

void bourse__release(const bourse_allocator *allocator, void *memory) {
  if (memory != NULL) allocator->release(allocator->user_data, memory);
}

char *bourse__duplicate(const bourse_allocator *allocator, const char *string) {
  if (string == NULL) return NULL;
  size_t size = strlen(string) + 1;
  char *copy = allocator->allocate(allocator->user_data, size);
  if (copy != NULL) memcpy(copy, string, size);
  return copy;
}

static size_t align_up(size_t size) { return (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1); }

bourse_arena *bourse__arena_new(const bourse_allocator *allocator, size_t first_block) {
  bourse_arena *arena = bourse__alloc(allocator, sizeof *arena);
  if (arena == NULL) return NULL;
  arena->allocator = *allocator;
  arena->next_block = first_block == 0 ? FIRST_BLOCK_DEFAULT : first_block;
  arena->bytes = sizeof *arena;
  return arena;
}

static void free_blocks(bourse_arena *arena, bourse__arena_block *block) {
  while (block != NULL) {
    bourse__arena_block *older = block->older;
    arena->bytes -= sizeof *block + block->size + SLACK;
    bourse__release(&arena->allocator, block);
    block = older;
  }
}

void bourse__arena_free(bourse_arena *arena) {
  if (arena == NULL) return;
  free_blocks(arena, arena->newest);
  bourse_allocator allocator = arena->allocator;
  bourse__release(&allocator, arena);
}

static void use_block(bourse_arena *arena, bourse__arena_block *block) {
  arena->newest = block;
  arena->cursor = (char *)(block + 1);
  if (SLACK != 0) arena->cursor += -(uintptr_t)arena->cursor & (ALIGNMENT - 1);
  arena->end = arena->cursor + block->size;
}

void bourse__arena_reset(bourse_arena *arena) {
  bourse__arena_block *largest = arena->newest;
  if (largest != NULL && largest->older == NULL) { /* as it is between messages */
    use_block(arena, largest);
    return;
  }
  for (bourse__arena_block *block = arena->newest; block != NULL; block = block->older)
    if (block->size > largest->size) largest = block;
  if (largest == NULL) return;
  for (bourse__arena_block **link = &arena->newest; *link != NULL; link = &(*link)->older) {
    if (*link == largest) {
      *link = largest->older;
      break;
    }
  }
  free_blocks(arena, arena->newest);
  largest->older = NULL;
  use_block(arena, largest);
}

size_t bourse__arena_bytes(const bourse_arena *arena) { return arena->bytes; }

int32_t bourse__arena_grow(bourse_arena *arena, size_t size) {
  if (size > SIZE_MAX / 2) return 0;
  size_t usable = align_up(size > arena->next_block ? size : arena->next_block);
  bourse__arena_block *block = arena->allocator.allocate(arena->allocator.user_data, sizeof *block + usable + SLACK);
  if (block == NULL) return 0;
  block->older = arena->newest;
  block->size = usable;
  arena->bytes += sizeof *block + usable + SLACK;
  use_block(arena, block);
  if (arena->next_block < NEXT_BLOCK_MAX) arena->next_block *= 2;
  return 1;
}

void *bourse_arena_alloc(bourse_arena *arena, size_t size) {
  void *memory =
      bourse__arena_take_aligned(arena, size == 0 ? 1 : size); /* of a new arena, not even 0 bytes are there */
  if (memory != NULL) memset(memory, 0, size);
  return memory;
}

char *bourse_arena_copy(bourse_arena *arena, const char *text, size_t length) {
  if (length == SIZE_MAX) return NULL;
  char *copy = bourse__arena_take(arena, length + 1);
  if (copy == NULL) return NULL;
  if (length != 0) memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

char *bourse_arena_format(bourse_arena *arena, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *text = length < 0 ? NULL : bourse__arena_take(arena, (size_t)length + 1);
  if (text != NULL) vsnprintf(text, (size_t)length + 1, format, again);
  va_end(again);
  return text;
}
