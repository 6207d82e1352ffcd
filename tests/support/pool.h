/* pool.h - memory of a test, freed all at once. Out of memory ends the program. */
#ifndef SUPPORT_POOL_H
#define SUPPORT_POOL_H

#include <stddef.h>

typedef struct pool_block {
  struct pool_block *next;
  size_t size; /* keeps what follows aligned to 16 bytes */
} pool_block;

typedef struct pool {
  pool_block *blocks;
} pool;

/* Zeroed memory. */
void *pool_alloc(pool *p, size_t size);
char *pool_copy(pool *p, const char *text, size_t length);
char *pool_string(pool *p, const char *text); /* NULL stays NULL */
char *pool_format(pool *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pool_free(pool *p);

/* Text that grows. */
typedef struct buffer {
  char *data; /* NUL-terminated; NULL while nothing was added */
  size_t length;
  size_t capacity;
} buffer;

void buffer_add(buffer *b, const char *bytes, size_t length);
void buffer_string(buffer *b, const char *string);
void buffer_free(buffer *b);

#endif
