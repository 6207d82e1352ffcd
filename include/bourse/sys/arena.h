/* bourse/sys/arena.h - memory that is freed all at once. Second tier: may change until 1.0.
 *
 * An arena belongs to one thread at a time. Memory is zeroed, aligned to 16 bytes, valid until the arena is freed or
 * reset, and never freed singly. */
#ifndef BOURSE_SYS_ARENA_H
#define BOURSE_SYS_ARENA_H

#include <bourse/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The host's allocator. realloc and free as in the C library, with user data first. */
typedef struct bourse_allocator {
  void *user_data;
  void *(*allocate)(void *user_data, size_t size);
  void *(*reallocate)(void *user_data, void *memory, size_t size);
  void (*release)(void *user_data, void *memory);
} bourse_allocator;

typedef struct bourse_arena bourse_arena;

/* A part of some text: not NUL-terminated, valid as long as the text. */
typedef struct bourse_slice {
  const char *data;
  size_t length;
} bourse_slice;

/* Zeroed memory, or NULL when memory is out. */
BOURSE_API void *bourse_arena_alloc(bourse_arena *arena, size_t size);

/* A NUL-terminated copy, or NULL when memory is out. */
BOURSE_API char *bourse_arena_copy(bourse_arena *arena, const char *text, size_t length);

/* printf into the arena, or NULL when memory is out. For C callers only; not part of the FFI surface. */
BOURSE_API char *bourse_arena_format(bourse_arena *arena, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#ifdef __cplusplus
}
#endif
#endif
