/* tests/support/few.h - for tests: an allocator that gives a number of times, and then no more. */
#ifndef TESTS_SUPPORT_FEW_H
#define TESTS_SUPPORT_FEW_H

#include <stdlib.h>

#include <bourse/sys/arena.h>

static inline void *few_allocate(void *user_data, size_t size) {
  int *left = user_data;
  return (*left)-- > 0 ? malloc(size) : NULL;
}

static inline void *few_reallocate(void *user_data, void *memory, size_t size) {
  int *left = user_data;
  return (*left)-- > 0 ? realloc(memory, size) : NULL;
}

static inline void few_release(void *user_data, void *memory) {
  (void)user_data;
  free(memory);
}

/* Gives *left times, and counts that down. */
static inline bourse_allocator few_allocator(int *left) {
  return (bourse_allocator){left, few_allocate, few_reallocate, few_release};
}

#endif
