/* test.h - the whole test harness: TEST(name) { CHECK(...); }, and TEST_MAIN() at the end of a file.
 * A test program runs all its tests, or those whose name contains its first argument, prints a line per failure and the
 * closing line "N passed, N failed", and exits non-zero when one failed. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct test_case {
  const char *name;
  void (*run)(void);
  struct test_case *next;
} test_case;

static test_case *test_first, **test_last = &test_first;
static int test_failed_here;

#define TEST(name_)                                                               \
  static void test_##name_(void);                                                 \
  static test_case test_case_##name_ = {#name_, test_##name_, NULL};              \
  __attribute__((constructor)) static void test_register_##name_(void) {          \
    *test_last = &test_case_##name_;                                              \
    test_last = &test_case_##name_.next;                                          \
  }                                                                               \
  static void test_##name_(void)

#define TEST_FAIL(...)                                     \
  do {                                                     \
    test_failed_here = 1;                                  \
    printf("%s:%d: ", __FILE__, __LINE__);                 \
    printf(__VA_ARGS__);                                   \
    printf("\n");                                          \
  } while (0)

#define CHECK(condition_)                                       \
  do {                                                          \
    if (!(condition_)) TEST_FAIL("not true: %s", #condition_);  \
  } while (0)

#define CHECK_INT(actual_, expected_)                                                            \
  do {                                                                                           \
    long long test_a = (long long)(actual_), test_e = (long long)(expected_);                    \
    if (test_a != test_e) TEST_FAIL("%s is %lld, expected %lld", #actual_, test_a, test_e);      \
  } while (0)

#define CHECK_STR(actual_, expected_)                                                                       \
  do {                                                                                                      \
    const char *test_a = (actual_), *test_e = (expected_);                                                  \
    if (test_a == NULL || strcmp(test_a, test_e) != 0)                                                      \
      TEST_FAIL("%s is \"%s\", expected \"%s\"", #actual_, test_a == NULL ? "(null)" : test_a, test_e);     \
  } while (0)

#ifdef TEST_TORTURE
#include "torture/torture.h"
#define TEST_MAIN() \
  int main(int argc, char **argv) { return torture_main(argc, argv); }
#else
#define TEST_MAIN()                                                                     \
  int main(int argc, char **argv) {                                                     \
    int passed = 0, failed = 0;                                                         \
    setvbuf(stdout, NULL, _IOLBF, 0);                                                   \
    for (test_case *t = test_first; t != NULL; t = t->next) {                           \
      if (argc > 1 && strstr(t->name, argv[1]) == NULL) continue;                       \
      test_failed_here = 0;                                                             \
      t->run();                                                                         \
      if (test_failed_here) {                                                           \
        printf("FAILED %s\n", t->name);                                                 \
        failed++;                                                                       \
      } else {                                                                          \
        passed++;                                                                       \
      }                                                                                 \
    }                                                                                   \
    printf("%s: %d passed, %d failed\n", argv[0], passed, failed);                      \
    return failed == 0 ? 0 : 1;                                                         \
  }

#endif

#endif
