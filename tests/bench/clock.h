/* clock.h - time, medians, and the mark of what is measured. */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

/* callgrind is told to count while a function of this kind is under way, by its name. */
#define MEASURED __attribute__((noinline))

static inline int64_t clock_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int clock_compare(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;
  return (left > right) - (left < right);
}

static inline double clock_median(double *values, size_t count) {
  qsort(values, count, sizeof *values, clock_compare);
  return values[count / 2];
}

#endif
