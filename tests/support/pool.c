/* pool.c */
#include "support/pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *check(void *memory) {
  if (memory == NULL) {
    fprintf(stderr, "out of memory\n");
    exit(2);
  }
  return memory;
}

void *pool_alloc(pool *p, size_t size) {
  pool_block *block = check(calloc(1, sizeof *block + size));
  block->next = p->blocks;
  block->size = size;
  p->blocks = block;
  return block + 1;
}

char *pool_copy(pool *p, const char *text, size_t length) {
  char *copy = pool_alloc(p, length + 1);
  if (length > 0) memcpy(copy, text, length);
  return copy;
}

char *pool_string(pool *p, const char *text) { return text == NULL ? NULL : pool_copy(p, text, strlen(text)); }

char *pool_format(pool *p, const char *format, ...) {
  va_list list, again;
  va_start(list, format);
  va_copy(again, list);
  int length = vsnprintf(NULL, 0, format, list);
  va_end(list);
  char *text = pool_alloc(p, (size_t)length + 1);
  vsnprintf(text, (size_t)length + 1, format, again);
  va_end(again);
  return text;
}

void pool_free(pool *p) {
  while (p->blocks != NULL) {
    pool_block *next = p->blocks->next;
    free(p->blocks);
    p->blocks = next;
  }
}

void buffer_add(buffer *b, const char *bytes, size_t length) {
  if (b->length + length + 1 > b->capacity) {
    b->capacity = (b->length + length + 1) * 2;
    b->data = check(realloc(b->data, b->capacity));
  }
  if (length > 0) memcpy(b->data + b->length, bytes, length);
  b->length += length;
  b->data[b->length] = '\0';
}

void buffer_string(buffer *b, const char *string) { buffer_add(b, string, strlen(string)); }

void buffer_free(buffer *b) {
  free(b->data);
  memset(b, 0, sizeof *b);
}
