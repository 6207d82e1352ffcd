/* net/retry.c - backoff with full jitter. */
#include "net/retry.h"

/* Uniform in 0 .. limit. Numbers past the last whole multiple of the range are drawn again: no value is favored. */
static uint64_t uniform(uint64_t limit, const bourse_random *random) {
  uint64_t range = limit + 1; /* limit is below 2^63 */
  uint64_t last_whole = UINT64_MAX - UINT64_MAX % range;
  uint64_t value;
  do {
    random->fill(random->user_data, &value, sizeof value);
  } while (value >= last_whole);
  return value % range;
}

int64_t bourse__retry_delay_ns(uint32_t attempt, int64_t base_ns, int64_t cap_ns, int64_t at_least_ns,
                               const bourse_random *random) {
  if (base_ns < 0) base_ns = 0;
  if (cap_ns < 0) cap_ns = 0;
  if (at_least_ns < 0) at_least_ns = 0;
  int64_t limit = cap_ns;
  if (attempt < 63 && base_ns <= cap_ns >> attempt) limit = base_ns << attempt;
  if (base_ns == 0) limit = 0;
  int64_t jitter = limit == 0 ? 0 : (int64_t)uniform((uint64_t)limit, random);
  return jitter > INT64_MAX - at_least_ns ? INT64_MAX : at_least_ns + jitter;
}
