/* net/limiter.h - weighted request budgets. Pure: time is given, nothing waits here. First come, first served is the
 * caller's part: ask for the oldest waiting request first.
 *
 * Times are the exchange's UTC as best known (local time plus clock offset), so that windows begin when its windows
 * do. What drains, and circuits, go by a time that is not set or measured anew (bourse__limiter_set_ahead). */
#ifndef NET_LIMITER_H
#define NET_LIMITER_H

#include <bourse/context.h>

typedef struct bourse__limiter bourse__limiter;

#define BOURSE__BUCKET_FIXED_WINDOW 1 /* emptied at every multiple of interval_ns since 1970 */
#define BOURSE__BUCKET_LEAKY        2 /* drains steadily, a full one in interval_ns */
#define BOURSE__BUCKET_ROLLING      3 /* any interval_ns holds at most its capacity, wherever the exchange's windows begin */

typedef struct bourse__bucket_options {
  const char *name; /* copied; unique in the limiter */
  int32_t kind;     /* BOURSE__BUCKET_* */
  uint32_t capacity;
  int64_t interval_ns;
  uint32_t reserved_percent; /* 0..90: the last part of the capacity, for urgent calls only */
  uint32_t group;            /* circuit this bucket hangs on; 0: only the one that holds everything */
  int64_t slack_ns;          /* leaky: draining begins so much later, rolling: what was sent counts so much longer; the
                                network may bring the second request that much sooner after the first than it was sent.
                                Fixed window: what is sent so near its bounds counts on both sides */
} bourse__bucket_options;

typedef struct bourse__cost {
  uint32_t bucket; /* as bourse__limiter_add_bucket gave it */
  uint32_t weight;
} bourse__cost;

/* Why an answer was not 0. */
#define BOURSE__LIMITER_ADMITTED 0
#define BOURSE__LIMITER_BUDGET   1 /* the window is used up: wait */
#define BOURSE__LIMITER_CIRCUIT  2 /* the exchange said stop: wait, or rather fail at once */
#define BOURSE__LIMITER_HOST     3 /* the host's shared budget is used up: wait */
#define BOURSE__LIMITER_NEVER    4 /* costs more than the bucket holds */

typedef struct bourse__bucket_state {
  const char *name;
  uint32_t capacity;
  uint32_t used;      /* at the time asked for */
  uint32_t in_flight; /* of it, admitted and not yet settled */
  int32_t learned;    /* BOURSE_YES: capacity or use came from the exchange */
  int64_t interval_ns;
  int64_t resets_ns; /* when `used` will be 0, if nothing more is sent */
} bourse__bucket_state;

typedef struct bourse__limiter_counters {
  uint64_t admitted;
  uint64_t delayed; /* answers "wait" for a budget */
  uint64_t refused; /* answers given by an open circuit, or "never" */
} bourse__limiter_counters;

/* `hook` is copied; NULL: none. Error: BOURSE_ERROR_MEMORY. */
int32_t bourse__limiter_new(bourse__limiter **out, const bourse_allocator *allocator, const bourse_limiter_hook *hook);
void bourse__limiter_free(bourse__limiter *limiter);

/* Errors: BOURSE_ERROR_ARGUMENT (kind, capacity 0, interval_ns not in 1 ns .. 366 days, reserved_percent over 90, name
 * missing or in use), BOURSE_ERROR_MEMORY. */
int32_t bourse__limiter_add_bucket(bourse__limiter *limiter, uint32_t *out_bucket,
                                   const bourse__bucket_options *options);

/* BOURSE_ERROR_UNKNOWN_NAME when there is none. */
int32_t bourse__limiter_find_bucket(const bourse__limiter *limiter, uint32_t *out_bucket, const char *name);

/* How far the times that are given from now on are ahead of a steady clock: one that goes on evenly, whatever becomes of
 * UTC and of the offset to the exchange. 0, as at first: times given are steady themselves. */
void bourse__limiter_set_ahead(bourse__limiter *limiter, int64_t ahead_ns);

/* All costs together or none. 0: admitted and charged; settle or refund exactly once. Positive: nanoseconds to wait
 * before asking again. Negative: BOURSE_ERROR_ARGUMENT (no such bucket), BOURSE_ERROR_RATE_LIMITED (NEVER).
 * out_reason may be NULL. An ordinary call may use the reserved part only when nothing else is used and it would not
 * fit otherwise. */
int64_t bourse__limiter_acquire(bourse__limiter *limiter, const bourse__cost *costs, uint32_t count, int32_t urgent,
                                int64_t now_ns, int32_t *out_reason);

/* The answer came, or will not come: the charge stands, and is no longer in flight. */
void bourse__limiter_settle(bourse__limiter *limiter, const bourse__cost *costs, uint32_t count, int64_t now_ns);

/* No byte was sent: the charge is given back. */
void bourse__limiter_refund(bourse__limiter *limiter, const bourse__cost *costs, uint32_t count, int64_t now_ns);

/* The exchange's own count (X-MBX-USED-WEIGHT-1M), read from the answer to a request sent at sent_ns; settle that
 * request first. Our count moves into what this report allows: not below `used`, not above `used` and all that is in
 * flight. Ignored when a window began since sent_ns, for then it may belong to the one before. */
void bourse__limiter_learn_used(bourse__limiter *limiter, uint32_t bucket, uint32_t used, int64_t sent_ns,
                                int64_t now_ns);

/* The exchange's own limits. Errors as for add_bucket. */
int32_t bourse__limiter_learn_capacity(bourse__limiter *limiter, uint32_t bucket, uint32_t capacity,
                                       int64_t interval_ns, int64_t now_ns);

/* After 429 or 418: nothing of the group (0: nothing at all), urgent or not, until then. Never shortens an open one.
 * Error: BOURSE_ERROR_MEMORY. */
int32_t bourse__limiter_open_circuit(bourse__limiter *limiter, uint32_t group, int64_t until_ns);

/* 0, or when the group's circuit (or that of everything) closes. */
int64_t bourse__limiter_circuit_until_ns(const bourse__limiter *limiter, uint32_t group, int64_t now_ns);

/* BOURSE_ERROR_ARGUMENT past the last bucket. */
int32_t bourse__limiter_bucket_state(const bourse__limiter *limiter, uint32_t bucket, int64_t now_ns,
                                     bourse__bucket_state *out);
void bourse__limiter_get_counters(const bourse__limiter *limiter, bourse__limiter_counters *out);

#endif
