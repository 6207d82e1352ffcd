/* net/retry.h - how long to wait before trying again. Pure. */
#ifndef NET_RETRY_H
#define NET_RETRY_H

#include <bourse/sys/clock.h>

/* Exponential backoff with full jitter: uniform in 0 .. min(cap_ns, base_ns * 2^attempt), attempt counted from 0, plus
 * at_least_ns (what the exchange asked for; 0: nothing). Never overflows; negative times count as 0. */
int64_t bourse__retry_delay_ns(uint32_t attempt, int64_t base_ns, int64_t cap_ns, int64_t at_least_ns,
                               const bourse_random *random);

#endif
