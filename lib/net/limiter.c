/* net/limiter.c - weighted budgets, exact in integers. */
#include "net/limiter.h"

#include <string.h>

#include <bourse/error.h>

#include "core/arena.h"

#define INTERVAL_MAX_NS      (366LL * 86400 * 1000000000)
#define RESERVED_PERCENT_MAX 90u
#define STEP_NS              250000000LL /* by which a clock was set, and does not only drift */

/* Rolling: what was used in each of these counts until interval and slack have passed since its end. */
#define PARTS_HELD 32
#define PARTS      (PARTS_HELD + 2) /* that many can still count */

typedef struct part {
  int64_t number; /* of the time since 1970, in parts */
  uint32_t used;
} part;

typedef struct bucket {
  char *name;
  int32_t kind;
  uint32_t capacity;
  uint32_t reserved_percent;
  uint32_t group;
  uint32_t in_flight;
  int32_t learned;
  uint32_t used;   /* fixed window: in the window that began at window_ns */
  uint32_t before; /* ... and in the one before that: what is sent as a window begins may be counted there */
  uint32_t late;   /* ... of `used`, sent as the window ends: may be counted in the next */
  int64_t interval_ns;
  int64_t window_ns;
  int32_t stepped; /* the clock was set forward since it was looked at */
  int64_t hold_ns; /* until when, in steady time, what was used stays because of that */
  int64_t slack_ns;
  int64_t drains_ns; /* leaky, in steady time: from when on it drains, since it was empty the last time */
  int64_t empty_ns;  /* ... when all will have drained; it is empty when that is past */
  part *parts;       /* rolling: PARTS of them, each at its number modulo PARTS */
} bucket;

typedef struct circuit {
  uint32_t group;
  int64_t until_ns; /* in steady time */
} circuit;

struct bourse__limiter {
  bourse_allocator allocator;
  bourse_limiter_hook hook;
  bucket *buckets;
  circuit *circuits;
  uint32_t bucket_count;
  uint32_t circuit_count;
  int64_t ahead_ns; /* times given are so far ahead of the steady ones */
  bourse__limiter_counters counters;
};

int32_t bourse__limiter_new(bourse__limiter **out, const bourse_allocator *allocator, const bourse_limiter_hook *hook) {
  *out = bourse__alloc(allocator, sizeof **out);
  if (*out == NULL) return BOURSE_ERROR_MEMORY;
  (*out)->allocator = *allocator;
  if (hook != NULL) (*out)->hook = *hook;
  return BOURSE_OK;
}

void bourse__limiter_free(bourse__limiter *limiter) {
  if (limiter == NULL) return;
  bourse_allocator allocator = limiter->allocator;
  for (uint32_t i = 0; i < limiter->bucket_count; i++) {
    bourse__release(&allocator, limiter->buckets[i].name);
    bourse__release(&allocator, limiter->buckets[i].parts);
  }
  bourse__release(&allocator, limiter->buckets);
  bourse__release(&allocator, limiter->circuits);
  bourse__release(&allocator, limiter);
}

int32_t bourse__limiter_find_bucket(const bourse__limiter *limiter, uint32_t *out_bucket, const char *name) {
  for (uint32_t i = 0; i < limiter->bucket_count; i++) {
    if (strcmp(limiter->buckets[i].name, name) == 0) {
      *out_bucket = i;
      return BOURSE_OK;
    }
  }
  return BOURSE_ERROR_UNKNOWN_NAME;
}

static int32_t is_interval(int64_t interval_ns) { return interval_ns >= 1 && interval_ns <= INTERVAL_MAX_NS; }

int32_t bourse__limiter_add_bucket(bourse__limiter *limiter, uint32_t *out_bucket,
                                   const bourse__bucket_options *options) {
  uint32_t existing;
  int32_t kind = options->kind;
  if (kind < BOURSE__BUCKET_FIXED_WINDOW || kind > BOURSE__BUCKET_ROLLING) return BOURSE_ERROR_ARGUMENT;
  if (options->capacity == 0 || !is_interval(options->interval_ns)) return BOURSE_ERROR_ARGUMENT;
  if (options->reserved_percent > RESERVED_PERCENT_MAX || options->name == NULL) return BOURSE_ERROR_ARGUMENT;
  if (options->slack_ns != 0 && !is_interval(options->slack_ns)) return BOURSE_ERROR_ARGUMENT;
  if (bourse__limiter_find_bucket(limiter, &existing, options->name) == BOURSE_OK) return BOURSE_ERROR_ARGUMENT;
  size_t size = (limiter->bucket_count + (size_t)1) * sizeof *limiter->buckets;
  bucket *buckets = bourse__realloc(&limiter->allocator, limiter->buckets, size);
  if (buckets == NULL) return BOURSE_ERROR_MEMORY;
  limiter->buckets = buckets;
  bucket *b = &buckets[limiter->bucket_count];
  memset(b, 0, sizeof *b);
  b->name = bourse__duplicate(&limiter->allocator, options->name);
  if (b->name == NULL) return BOURSE_ERROR_MEMORY;
  if (kind == BOURSE__BUCKET_ROLLING &&
      (b->parts = bourse__alloc(&limiter->allocator, PARTS * sizeof *b->parts)) == NULL) {
    bourse__release(&limiter->allocator, b->name);
    return BOURSE_ERROR_MEMORY;
  }
  b->kind = kind;
  b->capacity = options->capacity;
  b->reserved_percent = options->reserved_percent;
  b->group = options->group;
  b->interval_ns = options->interval_ns;
  b->slack_ns = options->slack_ns;
  b->window_ns = INT64_MIN; /* before every time: the first use begins a window */
  b->drains_ns = b->empty_ns = INT64_MIN;
  *out_bucket = limiter->bucket_count++;
  return BOURSE_OK;
}

/* The exchange's windows do not end because a clock here was set. */
void bourse__limiter_set_ahead(bourse__limiter *limiter, int64_t ahead_ns) {
  int32_t stepped = ahead_ns > limiter->ahead_ns && ahead_ns - limiter->ahead_ns >= STEP_NS;
  limiter->ahead_ns = ahead_ns;
  for (uint32_t i = 0; stepped && i < limiter->bucket_count; i++) limiter->buckets[i].stepped = 1;
}

static uint32_t add_capped(uint32_t a, uint32_t b) { return a > UINT32_MAX - b ? UINT32_MAX : a + b; }

static uint32_t subtract_floored(uint32_t a, uint32_t b) { return a > b ? a - b : 0; }

/* One bucket. Its functions see a bucket brought up to date by advance, and the time that it goes by. */

static int64_t time_for(const bourse__limiter *limiter, const bucket *b, int64_t now_ns) {
  return b->kind == BOURSE__BUCKET_FIXED_WINDOW ? now_ns : now_ns - limiter->ahead_ns;
}

/* Its windows are the exchange's, by a clock that may be wrong by so much. */
static int64_t blur_ns(const bucket *b) { return b->slack_ns < b->interval_ns / 4 ? b->slack_ns : b->interval_ns / 4; }

static int64_t window_start(const bucket *b, int64_t at_ns) {
  int64_t past = at_ns % b->interval_ns;
  return at_ns - (past < 0 ? past + b->interval_ns : past);
}

/* What is in flight as a window begins may be counted there by the exchange. When time went back, what was used
 * stays. */
static void advance(const bourse__limiter *limiter, bucket *b, int64_t now_ns) {
  if (b->kind != BOURSE__BUCKET_FIXED_WINDOW) return;
  int64_t start = window_start(b, now_ns), steady_ns = now_ns - limiter->ahead_ns;
  if (b->stepped) b->hold_ns = b->used > b->in_flight ? steady_ns + b->interval_ns : 0;
  b->stepped = 0;
  if (start > b->window_ns && (b->hold_ns == 0 || steady_ns >= b->hold_ns)) {
    uint32_t both = add_capped(b->in_flight, b->late);
    b->before = start - b->interval_ns == b->window_ns ? b->used : 0;
    b->used = both < b->used ? both : b->used;
  }
  if (start != b->window_ns) b->late = 0;
  b->window_ns = start;
}

/* Time in which a leaky bucket drains by one; rounded up, so never too fast. */
static int64_t unit_ns(const bucket *b) { return (b->interval_ns + b->capacity - 1) / b->capacity; }

static int64_t backlog_ns(const bucket *b, int64_t now_ns) {
  if (b->empty_ns <= now_ns) return 0;
  return b->empty_ns - (now_ns < b->drains_ns ? b->drains_ns : now_ns);
}

static void set_backlog(bucket *b, int64_t backlog, int64_t now_ns) {
  if (b->empty_ns <= now_ns) b->drains_ns = now_ns + b->slack_ns;
  b->empty_ns = (now_ns < b->drains_ns ? b->drains_ns : now_ns) + backlog;
}

/* Rounded up: nothing stops counting too early. */
static int64_t part_ns(const bucket *b) { return (b->interval_ns + b->slack_ns + PARTS_HELD - 1) / PARTS_HELD; }

static int64_t part_of(const bucket *b, int64_t at_ns) {
  int64_t length = part_ns(b), number = at_ns / length;
  return number - (at_ns % length < 0);
}

static int64_t counts_until(const bucket *b, const part *p) {
  return (p->number + 1) * part_ns(b) + b->interval_ns + b->slack_ns;
}

static part *part_at(const bucket *b, int64_t now_ns) {
  int64_t number = part_of(b, now_ns), at = number % PARTS;
  part *p = &b->parts[at < 0 ? at + PARTS : at];
  if (p->number != number) *p = (part){.number = number};
  return p;
}

/* Less, of the oldest or of what was charged last. */
static void take_back(bucket *b, uint32_t amount, int32_t oldest, int64_t now_ns) {
  int64_t at = part_at(b, now_ns) - b->parts;
  for (int i = 0; amount > 0 && i < PARTS; i++) {
    part *p = &b->parts[(oldest ? at + 1 + i : at + PARTS - i) % PARTS];
    if (counts_until(b, p) <= now_ns) continue;
    uint32_t less = p->used < amount ? p->used : amount;
    p->used -= less;
    amount -= less;
  }
}

static uint32_t used(const bucket *b, int64_t now_ns) {
  if (b->kind == BOURSE__BUCKET_FIXED_WINDOW) return b->used;
  if (b->kind == BOURSE__BUCKET_ROLLING) {
    uint32_t sum = 0;
    for (int i = 0; i < PARTS; i++)
      if (counts_until(b, &b->parts[i]) > now_ns) sum = add_capped(sum, b->parts[i].used);
    return sum;
  }
  int64_t backlog = backlog_ns(b, now_ns), unit = unit_ns(b);
  int64_t units = backlog / unit + (backlog % unit != 0);
  return units > UINT32_MAX ? UINT32_MAX : (uint32_t)units;
}

static void set_used(bucket *b, uint32_t value, int64_t now_ns) {
  if (b->kind == BOURSE__BUCKET_FIXED_WINDOW) {
    b->used = value;
  } else if (b->kind == BOURSE__BUCKET_ROLLING) {
    uint32_t ours = used(b, now_ns);
    if (value < ours) take_back(b, ours - value, 1, now_ns);
    if (value > ours) part_at(b, now_ns)->used += value - ours;
  } else {
    /* Twice full is as much as counts; more would only risk overflow. */
    int64_t cap = 2 * (int64_t)b->capacity;
    set_backlog(b, (value < cap ? (int64_t)value : cap) * unit_ns(b), now_ns);
  }
}

static void charge(bucket *b, uint32_t weight, int64_t now_ns) {
  if (b->kind == BOURSE__BUCKET_FIXED_WINDOW) {
    b->used = add_capped(b->used, weight);
    if (now_ns >= b->window_ns + b->interval_ns - blur_ns(b)) b->late = add_capped(b->late, weight);
  } else if (b->kind == BOURSE__BUCKET_ROLLING) {
    part *p = part_at(b, now_ns);
    p->used = add_capped(p->used, weight);
  } else {
    set_backlog(b, backlog_ns(b, now_ns) + (int64_t)weight * unit_ns(b), now_ns);
  }
  b->in_flight = add_capped(b->in_flight, weight);
}

static uint32_t ordinary_limit(const bucket *b) {
  uint64_t reserved = ((uint64_t)b->capacity * b->reserved_percent + 99) / 100;
  return reserved < b->capacity ? b->capacity - (uint32_t)reserved : 1;
}

/* Until the oldest parts, and so many of them as are in the way, have stopped counting. */
static int64_t wait_for_parts(const bucket *b, uint32_t room, int64_t now_ns) {
  uint32_t left = used(b, now_ns);
  int64_t wait = 0;
  for (int i = 0; left > room && i < PARTS; i++) {
    const part *oldest = NULL;
    for (int k = 0; k < PARTS; k++) {
      const part *p = &b->parts[k];
      if (p->used > 0 && counts_until(b, p) > now_ns + wait && (oldest == NULL || p->number < oldest->number))
        oldest = p;
    }
    if (oldest == NULL) break;
    left = subtract_floored(left, oldest->used);
    wait = counts_until(b, oldest) - now_ns;
  }
  return wait;
}

/* 0 when `weight`, at most the capacity, fits now, else the wait. */
static int64_t wait_for(const bucket *b, uint32_t weight, int32_t urgent, int64_t now_ns) {
  uint32_t limit = urgent ? b->capacity : ordinary_limit(b);
  if (limit < weight) limit = weight; /* only ever fits an empty bucket */
  if (b->kind == BOURSE__BUCKET_FIXED_WINDOW) {
    if (b->used > limit - weight) return b->window_ns + b->interval_ns - now_ns;
    int64_t blurred = b->window_ns + blur_ns(b) - now_ns;
    return blurred > 0 && b->before > limit - weight - b->used ? blurred : 0;
  }
  if (b->kind == BOURSE__BUCKET_ROLLING) return wait_for_parts(b, limit - weight, now_ns);
  int64_t room = (int64_t)(limit - weight) * unit_ns(b);
  int64_t backlog = backlog_ns(b, now_ns);
  if (backlog <= room) return 0;
  return backlog - room + (now_ns < b->drains_ns ? b->drains_ns - now_ns : 0);
}

/* All of them together. */

static int64_t max64(int64_t a, int64_t b) { return a > b ? a : b; }

int64_t bourse__limiter_circuit_until_ns(const bourse__limiter *limiter, uint32_t group, int64_t now_ns) {
  int64_t until = 0;
  for (uint32_t i = 0; i < limiter->circuit_count; i++) {
    const circuit *c = &limiter->circuits[i];
    int64_t until_ns = c->until_ns + limiter->ahead_ns;
    if ((c->group == 0 || c->group == group) && until_ns > now_ns) until = max64(until, until_ns);
  }
  return until;
}

int32_t bourse__limiter_open_circuit(bourse__limiter *limiter, uint32_t group, int64_t until_ns) {
  until_ns -= limiter->ahead_ns;
  for (uint32_t i = 0; i < limiter->circuit_count; i++) {
    if (limiter->circuits[i].group != group) continue;
    limiter->circuits[i].until_ns = max64(limiter->circuits[i].until_ns, until_ns);
    return BOURSE_OK;
  }
  size_t size = (limiter->circuit_count + (size_t)1) * sizeof *limiter->circuits;
  circuit *circuits = bourse__realloc(&limiter->allocator, limiter->circuits, size);
  if (circuits == NULL) return BOURSE_ERROR_MEMORY;
  limiter->circuits = circuits;
  circuits[limiter->circuit_count++] = (circuit){group, until_ns};
  return BOURSE_OK;
}

/* Whole weight of a call on the bucket of costs[at], or 0 when an earlier cost stands for it. UINT64 cannot
 * overflow. */
static uint64_t merged_weight(const bourse__cost *costs, uint32_t count, uint32_t at) {
  uint64_t weight = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (costs[i].bucket != costs[at].bucket) continue;
    if (i < at) return 0;
    weight += costs[i].weight;
  }
  return weight;
}

/* 0 when nothing here stands in the way; charges nothing. */
static int64_t check(bourse__limiter *limiter, const bourse__cost *costs, uint32_t count, int32_t urgent,
                     int64_t now_ns, int32_t *reason) {
  int64_t until = bourse__limiter_circuit_until_ns(limiter, 0, now_ns);
  int64_t wait = 0;
  for (uint32_t i = 0; i < count; i++) {
    if (costs[i].bucket >= limiter->bucket_count) return BOURSE_ERROR_ARGUMENT;
    bucket *b = &limiter->buckets[costs[i].bucket];
    uint64_t weight = merged_weight(costs, count, i);
    if (weight > b->capacity) {
      *reason = BOURSE__LIMITER_NEVER;
      return BOURSE_ERROR_RATE_LIMITED;
    }
    until = max64(until, bourse__limiter_circuit_until_ns(limiter, b->group, now_ns));
    advance(limiter, b, now_ns);
    if (weight > 0) wait = max64(wait, wait_for(b, (uint32_t)weight, urgent, time_for(limiter, b, now_ns)));
  }
  if (until != 0) {
    *reason = BOURSE__LIMITER_CIRCUIT;
    return until - now_ns;
  }
  if (wait != 0) *reason = BOURSE__LIMITER_BUDGET;
  return wait;
}

static void hook_refund(bourse__limiter *limiter, const bourse__cost *costs, uint32_t count, int64_t now_ns) {
  const bourse_limiter_hook *hook = &limiter->hook;
  if (hook->refund == NULL) return;
  for (uint32_t i = 0; i < count; i++)
    if (costs[i].bucket < limiter->bucket_count)
      hook->refund(hook->user_data, limiter->buckets[costs[i].bucket].name, costs[i].weight, now_ns);
}

/* Asks the host for all; gives back what it granted when it refuses one. */
static int64_t hook_acquire(bourse__limiter *limiter, const bourse__cost *costs, uint32_t count, int64_t now_ns) {
  const bourse_limiter_hook *hook = &limiter->hook;
  if (hook->acquire == NULL) return 0;
  for (uint32_t i = 0; i < count; i++) {
    int64_t wait = hook->acquire(hook->user_data, limiter->buckets[costs[i].bucket].name, costs[i].weight, now_ns);
    if (wait > 0) {
      hook_refund(limiter, costs, i, now_ns);
      return wait;
    }
  }
  return 0;
}

int64_t bourse__limiter_acquire(bourse__limiter *limiter, const bourse__cost *costs, uint32_t count, int32_t urgent,
                                int64_t now_ns, int32_t *out_reason) {
  int32_t reason = BOURSE__LIMITER_ADMITTED;
  int64_t wait = check(limiter, costs, count, urgent, now_ns, &reason);
  if (wait == 0) {
    wait = hook_acquire(limiter, costs, count, now_ns);
    if (wait != 0) reason = BOURSE__LIMITER_HOST;
  }
  if (wait == 0) {
    for (uint32_t i = 0; i < count; i++) {
      bucket *b = &limiter->buckets[costs[i].bucket];
      charge(b, costs[i].weight, time_for(limiter, b, now_ns));
    }
    limiter->counters.admitted++;
  } else if (reason == BOURSE__LIMITER_BUDGET || reason == BOURSE__LIMITER_HOST) {
    limiter->counters.delayed++;
  } else if (reason != BOURSE__LIMITER_ADMITTED) {
    limiter->counters.refused++;
  }
  if (out_reason != NULL) *out_reason = reason;
  return wait;
}

void bourse__limiter_settle(bourse__limiter *limiter, const bourse__cost *costs, uint32_t count, int64_t now_ns) {
  for (uint32_t i = 0; i < count; i++) {
    if (costs[i].bucket >= limiter->bucket_count) continue;
    bucket *b = &limiter->buckets[costs[i].bucket];
    advance(limiter, b, now_ns);
    b->in_flight = subtract_floored(b->in_flight, costs[i].weight);
  }
}

void bourse__limiter_refund(bourse__limiter *limiter, const bourse__cost *costs, uint32_t count, int64_t now_ns) {
  hook_refund(limiter, costs, count, now_ns);
  for (uint32_t i = 0; i < count; i++) {
    if (costs[i].bucket >= limiter->bucket_count) continue;
    bucket *b = &limiter->buckets[costs[i].bucket];
    advance(limiter, b, now_ns);
    b->in_flight = subtract_floored(b->in_flight, costs[i].weight);
    if (b->kind == BOURSE__BUCKET_FIXED_WINDOW) {
      b->used = subtract_floored(b->used, costs[i].weight);
      if (b->late > b->used) b->late = b->used;
    } else if (b->kind == BOURSE__BUCKET_ROLLING) {
      take_back(b, costs[i].weight, 0, time_for(limiter, b, now_ns));
    } else if (backlog_ns(b, time_for(limiter, b, now_ns)) > 0 && costs[i].weight <= b->capacity) {
      b->empty_ns -= (int64_t)costs[i].weight * unit_ns(b);
    }
  }
}

void bourse__limiter_learn_used(bourse__limiter *limiter, uint32_t bucket_index, uint32_t reported, int64_t sent_ns,
                                int64_t now_ns) {
  if (bucket_index >= limiter->bucket_count) return;
  bucket *b = &limiter->buckets[bucket_index];
  advance(limiter, b, now_ns);
  if (b->kind == BOURSE__BUCKET_FIXED_WINDOW && window_start(b, sent_ns - blur_ns(b)) != b->window_ns) return;
  b->learned = BOURSE_YES;
  int64_t time_ns = time_for(limiter, b, now_ns);
  uint32_t ours = used(b, time_ns), most = add_capped(reported, b->in_flight);
  if (ours < reported) set_used(b, reported, time_ns);
  if (ours > most) set_used(b, most, time_ns);
}

int32_t bourse__limiter_learn_capacity(bourse__limiter *limiter, uint32_t bucket_index, uint32_t capacity,
                                       int64_t interval_ns, int64_t now_ns) {
  if (bucket_index >= limiter->bucket_count || capacity == 0 || !is_interval(interval_ns)) return BOURSE_ERROR_ARGUMENT;
  bucket *b = &limiter->buckets[bucket_index];
  b->learned = BOURSE_YES;
  if (b->capacity == capacity && b->interval_ns == interval_ns) return BOURSE_OK;
  advance(limiter, b, now_ns);
  int64_t time_ns = time_for(limiter, b, now_ns);
  uint32_t so_far = used(b, time_ns);
  if (b->kind == BOURSE__BUCKET_ROLLING) memset(b->parts, 0, PARTS * sizeof *b->parts);
  b->capacity = capacity;
  b->interval_ns = interval_ns;
  b->window_ns = window_start(b, now_ns);
  set_used(b, so_far, time_ns);
  return BOURSE_OK;
}

int32_t bourse__limiter_bucket_state(const bourse__limiter *limiter, uint32_t bucket_index, int64_t now_ns,
                                     bourse__bucket_state *out) {
  if (bucket_index >= limiter->bucket_count) return BOURSE_ERROR_ARGUMENT;
  bucket b = limiter->buckets[bucket_index];
  advance(limiter, &b, now_ns);
  out->name = b.name;
  out->capacity = b.capacity;
  out->used = used(&b, time_for(limiter, &b, now_ns));
  out->in_flight = b.in_flight;
  out->learned = b.learned ? BOURSE_YES : BOURSE_NO;
  out->interval_ns = b.interval_ns;
  out->resets_ns = now_ns;
  if (out->used == 0) return BOURSE_OK;
  if (b.kind == BOURSE__BUCKET_FIXED_WINDOW) out->resets_ns = b.window_ns + b.interval_ns;
  if (b.kind == BOURSE__BUCKET_LEAKY) out->resets_ns = b.empty_ns + limiter->ahead_ns;
  if (b.kind == BOURSE__BUCKET_ROLLING) out->resets_ns = now_ns + wait_for_parts(&b, 0, time_for(limiter, &b, now_ns));
  return BOURSE_OK;
}

void bourse__limiter_get_counters(const bourse__limiter *limiter, bourse__limiter_counters *out) {
  *out = limiter->counters;
}
