/* failing_calloc.h - mbedTLS takes its memory with calloc; with this in a test, the Nth of it can fail. Not with the
 * address sanitizer, whose calloc it would replace, nor under Valgrind, which replaces this one. */
#ifndef TESTS_SIGN_FAILING_CALLOC_H
#define TESTS_SIGN_FAILING_CALLOC_H

#include "helpers.h"

static long calloc_fails_at; /* 0: never */
static int calloc_has_failed;

#if !UNDER_ASAN
extern void *__libc_calloc(size_t count, size_t size);

__attribute__((visibility("default"))) void *calloc(size_t count, size_t size) {
  if (calloc_fails_at > 0 && --calloc_fails_at == 0) {
    calloc_has_failed = 1;
    return NULL;
  }
  return __libc_calloc(count, size);
}
#endif

#endif
