/* bourse/sys/clock.h - time and randomness, replaceable by the host. Second tier: may change until 1.0. */
#ifndef BOURSE_SYS_CLOCK_H
#define BOURSE_SYS_CLOCK_H

#include <bourse/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* now_ns: UTC, nanoseconds since 1970. monotonic_ns: never goes back, any origin. With a host's clock the library never
 * waits by itself: bourse_run returns at once and bourse_timeout_ms tells the wait in the host's time. */
typedef struct bourse_clock {
  void *user_data;
  int64_t (*now_ns)(void *user_data);
  int64_t (*monotonic_ns)(void *user_data);
} bourse_clock;

/* Fills `out` with `size` random bytes. */
typedef struct bourse_random {
  void *user_data;
  void (*fill)(void *user_data, void *out, size_t size);
} bourse_random;

#ifdef __cplusplus
}
#endif
#endif
