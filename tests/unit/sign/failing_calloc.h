/* failing_calloc.h - mbedTLS takes its memory with calloc, OpenSSL with malloc and realloc; with this in a test, the Nth of
 * them can fail. Not with the address sanitizer, whose functions these would replace, nor under Valgrind, which replaces
 * these. */
#ifndef TESTS_SIGN_FAILING_CALLOC_H
#define TESTS_SIGN_FAILING_CALLOC_H

#include "helpers.h"

static long calloc_fails_at; /* 0: never */
static int calloc_has_failed;

#if !UNDER_ASAN
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_malloc(size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static int fails_now(void) {
  if (calloc_fails_at <= 0 || --calloc_fails_at != 0) return 0;
  calloc_has_failed = 1;
  return 1;
}

__attribute__((visibility("default"))) void *calloc(size_t count, size_t size) {
  return fails_now() ? NULL : __libc_calloc(count, size);
}

__attribute__((visibility("default"))) void *malloc(size_t size) { return fails_now() ? NULL : __libc_malloc(size); }

__attribute__((visibility("default"))) void *realloc(void *memory, size_t size) {
  return fails_now() ? NULL : __libc_realloc(memory, size);
}
#endif

#endif
