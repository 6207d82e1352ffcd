#include "net/limiter.h"

#include <bourse/error.h>

#include "core/arena.h"
#include "net/no_transport.h"
#include "support/few.h"
#include "test.h"

#define S  1000000000LL
#define T0 (1700000040 * S) /* begins a minute */

static bourse__limiter *make(const bourse_limiter_hook *hook) {
  bourse__limiter *l = NULL;
  CHECK_INT(bourse__limiter_new(&l, &bourse__default_allocator, hook), BOURSE_OK);
  return l;
}

static uint32_t add(bourse__limiter *l, const char *name, int32_t kind, uint32_t capacity, int64_t interval,
                    uint32_t reserved, uint32_t group) {
  uint32_t bucket = 99;
  bourse__bucket_options o = {.name = name,
                              .kind = kind,
                              .capacity = capacity,
                              .interval_ns = interval,
                              .reserved_percent = reserved,
                              .group = group};
  CHECK_INT(bourse__limiter_add_bucket(l, &bucket, &o), BOURSE_OK);
  return bucket;
}

static int64_t take(bourse__limiter *l, uint32_t bucket, uint32_t weight, int32_t urgent, int64_t now) {
  bourse__cost cost = {bucket, weight};
  return bourse__limiter_acquire(l, &cost, 1, urgent, now, NULL);
}

static void settle(bourse__limiter *l, uint32_t bucket, uint32_t weight, int64_t now) {
  bourse__cost cost = {bucket, weight};
  bourse__limiter_settle(l, &cost, 1, now);
}

static uint32_t used_now(bourse__limiter *l, uint32_t bucket, int64_t now) {
  bourse__bucket_state state;
  CHECK_INT(bourse__limiter_bucket_state(l, bucket, now, &state), BOURSE_OK);
  return state.used;
}

TEST(a_window_holds_its_capacity_and_no_more) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "weight", BOURSE__BUCKET_FIXED_WINDOW, 10, 60 * S, 0, 0);
  for (int i = 0; i < 5; i++) CHECK_INT(take(l, b, 2, 0, T0 + i * S), 0);
  CHECK_INT(take(l, b, 1, 0, T0 + 20 * S), 40 * S);
  settle(l, b, 10, T0 + 30 * S);
  CHECK_INT(take(l, b, 1, 0, T0 + 60 * S - 1), 1);
  CHECK_INT(take(l, b, 10, 0, T0 + 60 * S), 0);
  bourse__limiter_counters counters;
  bourse__limiter_get_counters(l, &counters);
  CHECK_INT(counters.admitted, 6);
  CHECK_INT(counters.delayed, 2);
  CHECK_INT(counters.refused, 0);
  bourse__limiter_free(l);
}

TEST(windows_begin_at_multiples_of_the_interval) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "weight", BOURSE__BUCKET_FIXED_WINDOW, 1, 60 * S, 0, 0);
  CHECK_INT(take(l, b, 1, 0, T0 + 59 * S), 0);
  settle(l, b, 1, T0 + 59 * S);
  CHECK_INT(take(l, b, 1, 0, T0 + 59 * S + 1), S - 1);
  CHECK_INT(take(l, b, 1, 0, T0 + 60 * S), 0);
  bourse__bucket_state state;
  CHECK_INT(bourse__limiter_bucket_state(l, b, T0 + 61 * S, &state), BOURSE_OK);
  CHECK_INT(state.resets_ns, T0 + 120 * S);
  CHECK_STR(state.name, "weight");
  CHECK_INT(bourse__limiter_bucket_state(l, 1, T0, &state), BOURSE_ERROR_ARGUMENT);
  bourse__limiter_free(l);
}

TEST(what_is_in_flight_counts_in_the_next_window_too) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "weight", BOURSE__BUCKET_FIXED_WINDOW, 10, 60 * S, 0, 0);
  CHECK_INT(take(l, b, 8, 0, T0 + 59 * S), 0);
  CHECK_INT(used_now(l, b, T0 + 60 * S), 8);
  settle(l, b, 3, T0 + 59 * S + 1);
  settle(l, b, 5, T0 + 61 * S); /* may have been counted there on either side */
  CHECK_INT(used_now(l, b, T0 + 62 * S), 5);
  CHECK_INT(used_now(l, b, T0 + 120 * S), 0);
  bourse__limiter_free(l);
}

TEST(time_that_goes_back_frees_nothing) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "weight", BOURSE__BUCKET_FIXED_WINDOW, 10, 60 * S, 0, 0);
  CHECK_INT(take(l, b, 10, 0, T0 + 60 * S), 0);
  settle(l, b, 10, T0 + 60 * S);
  CHECK_INT(take(l, b, 1, 0, T0 + 50 * S), 10 * S);
  CHECK_INT(take(l, b, 1, 0, T0 + 60 * S), 0);
  bourse__limiter_free(l);
}

TEST(a_leaky_bucket_drains_steadily) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "points", BOURSE__BUCKET_LEAKY, 20, 40 * S, 0, 0); /* one in two seconds */
  CHECK_INT(take(l, b, 20, 0, T0), 0);
  CHECK_INT(take(l, b, 1, 0, T0), 2 * S);
  CHECK_INT(take(l, b, 5, 0, T0 + S), 9 * S);
  CHECK_INT(take(l, b, 5, 0, T0 + 10 * S), 0);
  CHECK_INT(used_now(l, b, T0 + 10 * S), 20);
  CHECK_INT(used_now(l, b, T0 + 11 * S), 20); /* 19.5: told on the safe side */
  CHECK_INT(used_now(l, b, T0 + 12 * S), 19);
  CHECK_INT(used_now(l, b, T0 + 50 * S), 0);
  CHECK_INT(take(l, b, 20, 0, T0 + 1000 * S), 0); /* nothing is saved up */
  CHECK_INT(take(l, b, 1, 0, T0 + 1000 * S), 2 * S);
  bourse__bucket_state state;
  CHECK_INT(bourse__limiter_bucket_state(l, b, T0 + 1000 * S, &state), BOURSE_OK);
  CHECK_INT(state.resets_ns, T0 + 1040 * S);
  bourse__limiter_free(l);
}

TEST(a_leaky_bucket_never_lets_more_through_than_its_rate) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "points", BOURSE__BUCKET_LEAKY, 7, 60 * S, 0, 0); /* 60 s / 7 is not whole */
  int64_t now = T0, admitted = 0;
  while (now < T0 + 600 * S) {
    int64_t wait = take(l, b, 1, 0, now);
    if (wait < 0) break;
    if (wait == 0)
      admitted++;
    else
      now += wait;
  }
  CHECK_INT(admitted, 7 + 69); /* the first seven at once, then 600 s * 7 / 60 s, rounded down */
  bourse__limiter_free(l);
}

TEST(a_leaky_bucket_allows_for_what_the_network_does_to_intervals) {
  bourse__limiter *l = make(NULL);
  uint32_t b = 99;
  bourse__bucket_options o = {
      .name = "points", .kind = BOURSE__BUCKET_LEAKY, .capacity = 10, .interval_ns = 10 * S, .slack_ns = S / 10};
  CHECK_INT(bourse__limiter_add_bucket(l, &b, &o), BOURSE_OK);
  CHECK_INT(take(l, b, 9, 0, T0), 0);
  CHECK_INT(take(l, b, 1, 0, T0), 0); /* all at once they may come */
  CHECK_INT(take(l, b, 1, 0, T0), S + S / 10);
  CHECK_INT(used_now(l, b, T0 + S / 10), 10);
  CHECK_INT(take(l, b, 1, 0, T0 + S), S / 10);
  CHECK_INT(take(l, b, 1, 0, T0 + S + S / 10), 0);
  CHECK_INT(take(l, b, 1, 0, T0 + S + S / 10), S); /* once only, as long as it is not empty */
  bourse__bucket_state state;
  CHECK_INT(bourse__limiter_bucket_state(l, b, T0 + 2 * S, &state), BOURSE_OK);
  CHECK_INT(state.resets_ns, T0 + 11 * S + S / 10);
  CHECK_INT(take(l, b, 10, 0, T0 + 20 * S), 0);
  CHECK_INT(take(l, b, 1, 0, T0 + 20 * S), S + S / 10);
  o.name = "other";
  o.slack_ns = -1;
  CHECK_INT(bourse__limiter_add_bucket(l, &b, &o), BOURSE_ERROR_ARGUMENT);
  bourse__limiter_free(l);
}

TEST(a_clock_that_is_set_drains_nothing_and_closes_no_circuit) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "points", BOURSE__BUCKET_LEAKY, 10, 10 * S, 0, 1);
  uint32_t w = add(l, "weight", BOURSE__BUCKET_FIXED_WINDOW, 10, 60 * S, 0, 2);
  bourse__bucket_state state;
  CHECK_INT(take(l, b, 10, 0, T0), 0);
  CHECK_INT(take(l, w, 10, 0, T0), 0);
  settle(l, w, 10, T0);
  bourse__limiter_set_ahead(l, 30 * S); /* the clock was set forward by half a minute */
  CHECK_INT(take(l, b, 1, 0, T0 + 31 * S), 0);
  CHECK_INT(take(l, b, 1, 0, T0 + 31 * S), S);
  CHECK_INT(used_now(l, b, T0 + 31 * S), 10);
  CHECK_INT(bourse__limiter_bucket_state(l, b, T0 + 31 * S, &state), BOURSE_OK);
  CHECK_INT(state.resets_ns, T0 + 41 * S);
  CHECK_INT(take(l, w, 1, 0, T0 + 31 * S), 29 * S); /* windows are the exchange's UTC */
  CHECK_INT(bourse__limiter_open_circuit(l, 1, T0 + 40 * S), BOURSE_OK);
  CHECK_INT(bourse__limiter_circuit_until_ns(l, 1, T0 + 31 * S), T0 + 40 * S);
  bourse__limiter_set_ahead(l, 0);
  CHECK_INT(bourse__limiter_circuit_until_ns(l, 1, T0 + S), T0 + 10 * S);
  CHECK_INT(take(l, b, 1, 0, T0 + S), 9 * S);
  bourse__limiter_free(l);
}

TEST(a_clock_that_is_set_ends_no_window) {
  bourse__limiter *l = make(NULL);
  uint32_t w = add(l, "requests", BOURSE__BUCKET_FIXED_WINDOW, 10, 2 * S, 0, 0);
  CHECK_INT(take(l, w, 10, 0, T0), 0);
  settle(l, w, 10, T0);
  bourse__limiter_set_ahead(l, 3 * S);
  CHECK_INT(take(l, w, 1, 0, T0 + 3 * S + S / 10), 9 * S / 10); /* a tenth of a second later, whatever the clock says */
  CHECK(take(l, w, 1, 0, T0 + 4 * S + S / 2) > 0);
  CHECK_INT(take(l, w, 10, 0, T0 + 6 * S), 0);
  settle(l, w, 10, T0 + 6 * S);
  bourse__limiter_set_ahead(l, 3 * S + S / 10); /* that is drift */
  CHECK_INT(take(l, w, 1, 0, T0 + 8 * S), 0);
  bourse__limiter_free(l);
}

TEST(a_rolling_bucket_never_lets_more_through_in_any_interval) {
  enum { ADMITTED_MAX = 4000, CAPACITY = 20 };
  static int64_t at[ADMITTED_MAX], weights[ADMITTED_MAX];
  bourse__limiter *l = make(NULL);
  uint32_t b = 99, count = 0;
  bourse__bucket_options o = {.name = "requests",
                              .kind = BOURSE__BUCKET_ROLLING,
                              .capacity = CAPACITY,
                              .interval_ns = 2 * S,
                              .slack_ns = S / 10};
  CHECK_INT(bourse__limiter_add_bucket(l, &b, &o), BOURSE_OK);
  uint64_t random = 1;
  int64_t now = T0, end = T0 + 300 * S, waited = 0, sum = 0;
  while (now < end && count < ADMITTED_MAX) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    uint32_t weight = 1 + (uint32_t)(random >> 60) % 3;
    int64_t wait = take(l, b, weight, 0, now);
    CHECK(wait >= 0 && wait < 3 * S);
    if (wait > 0) { /* as long as it says, and no longer */
      CHECK(take(l, b, weight, 0, now + wait - 1) > 0);
      now += wait;
      CHECK_INT(take(l, b, weight, 0, now), 0);
      waited++;
    }
    settle(l, b, weight, now);
    at[count] = now;
    weights[count++] = weight;
    if (random >> 40 & 1) now += (int64_t)(random >> 33 & 0xFFFFFFF); /* up to a quarter of a second */
  }
  for (uint32_t i = 0; i < count; i++) {
    int64_t within = 0;
    for (uint32_t k = i; k < count && at[k] < at[i] + 2 * S + S / 10; k++) within += weights[k];
    CHECK(within <= CAPACITY);
    sum += weights[i];
  }
  CHECK(waited > 100);
  CHECK(sum > 300 * CAPACITY / 2 * 85 / 100); /* and not much less than is allowed */
  CHECK_INT(used_now(l, b, now + 3 * S), 0);
  bourse__limiter_free(l);
}

/* The exchange's windows may begin by the slack sooner or later than they do by our clock. */
TEST(a_fixed_window_holds_by_a_clock_that_is_a_little_wrong) {
  enum { ADMITTED_MAX = 4000, CAPACITY = 20 };
  static int64_t at[ADMITTED_MAX], weights[ADMITTED_MAX];
  bourse__limiter *l = make(NULL);
  uint32_t b = 99, count = 0;
  bourse__bucket_options o = {.name = "weight",
                              .kind = BOURSE__BUCKET_FIXED_WINDOW,
                              .capacity = CAPACITY,
                              .interval_ns = 2 * S,
                              .slack_ns = S / 10};
  CHECK_INT(bourse__limiter_add_bucket(l, &b, &o), BOURSE_OK);
  uint64_t random = 1;
  int64_t now = T0, end = T0 + 300 * S, sum = 0;
  while (now < end && count < ADMITTED_MAX) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    uint32_t weight = 1 + (uint32_t)(random >> 60) % 3;
    int64_t wait = take(l, b, weight, 0, now);
    CHECK(wait >= 0 && wait <= 2 * S);
    if (wait > 0) {
      now += wait;
      continue;
    }
    settle(l, b, weight, now);
    at[count] = now;
    weights[count++] = weight;
    if (random >> 40 & 1) now += (int64_t)(random >> 33 & 0xFFFFFFF);
    if ((random >> 20 & 15) == 0) now += 2 * S - now % (2 * S) - S / 20; /* much at the very end of a window */
  }
  for (int64_t wrong = -S / 10; wrong <= S / 10; wrong += S / 20) {
    int64_t window = 0, within = 0;
    for (uint32_t i = 0; i < count; i++) {
      if ((at[i] + wrong) / (2 * S) != window) within = 0;
      window = (at[i] + wrong) / (2 * S);
      within += weights[i];
      CHECK(within <= CAPACITY);
    }
  }
  for (uint32_t i = 0; i < count; i++) sum += weights[i];
  CHECK(sum > 300 * CAPACITY / 2 * 60 / 100); /* and not much less than is allowed */
  bourse__limiter_free(l);
}

TEST(a_rolling_bucket_gives_back_learns_and_does_not_follow_the_clock) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "requests", BOURSE__BUCKET_ROLLING, 10, 32 * S, 0, 0); /* counted by the second */
  bourse__cost cost = {b, 4};
  bourse__bucket_state state;
  CHECK_INT(take(l, b, 6, 0, T0), 0);
  CHECK_INT(take(l, b, 4, 0, T0 + 10 * S), 0);
  CHECK_INT(take(l, b, 1, 0, T0 + 10 * S), 23 * S);
  CHECK_INT(take(l, b, 7, 0, T0 + 10 * S), 33 * S);
  bourse__limiter_refund(l, &cost, 1, T0 + 10 * S);
  CHECK_INT(take(l, b, 4, 0, T0 + 10 * S), 0);
  settle(l, b, 10, T0 + 10 * S);
  bourse__limiter_set_ahead(l, 60 * S); /* the clock was set by a minute */
  CHECK_INT(take(l, b, 1, 0, T0 + 70 * S), 23 * S);
  CHECK_INT(used_now(l, b, T0 + 92 * S), 10);
  CHECK_INT(used_now(l, b, T0 + 93 * S), 4);
  CHECK_INT(bourse__limiter_bucket_state(l, b, T0 + 93 * S, &state), BOURSE_OK);
  CHECK_INT(state.resets_ns, T0 + 103 * S);
  bourse__limiter_learn_used(l, b, 9, T0 + 93 * S, T0 + 93 * S);
  CHECK_INT(used_now(l, b, T0 + 93 * S), 9);
  CHECK_INT(take(l, b, 2, 0, T0 + 93 * S), 10 * S);
  bourse__limiter_learn_used(l, b, 2, T0 + 94 * S, T0 + 94 * S); /* less: the oldest is not counted any more */
  CHECK_INT(used_now(l, b, T0 + 94 * S), 2);
  CHECK_INT(used_now(l, b, T0 + 103 * S), 2);
  CHECK_INT(bourse__limiter_learn_capacity(l, b, 20, 64 * S, T0 + 103 * S), BOURSE_OK);
  CHECK_INT(used_now(l, b, T0 + 104 * S), 2);
  CHECK_INT(take(l, b, 18, 0, T0 + 104 * S), 0);
  CHECK(take(l, b, 1, 0, T0 + 160 * S) > 0);
  CHECK_INT(used_now(l, b, T0 + 171 * S), 0);
  bourse__limiter_free(l);
}

TEST(the_reserved_part_is_for_urgent_calls) {
  bourse__limiter *l = make(NULL);
  const int32_t kinds[] = {BOURSE__BUCKET_FIXED_WINDOW, BOURSE__BUCKET_LEAKY, BOURSE__BUCKET_ROLLING};
  const char *names[] = {"window", "leaky", "rolling"};
  for (int k = 0; k < 3; k++) {
    uint32_t b = add(l, names[k], kinds[k], 100, 100 * S, 20, 0);
    CHECK_INT(take(l, b, 80, 0, T0), 0);
    CHECK(take(l, b, 1, 0, T0) > 0);
    CHECK_INT(take(l, b, 19, 1, T0), 0);
    CHECK_INT(take(l, b, 1, 1, T0), 0);
    CHECK(take(l, b, 1, 1, T0) > 0);
  }
  bourse__limiter_free(l);
}

TEST(a_heavy_ordinary_call_goes_when_the_bucket_is_empty) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "weight", BOURSE__BUCKET_FIXED_WINDOW, 100, 60 * S, 50, 0);
  uint32_t tiny = add(l, "tiny", BOURSE__BUCKET_FIXED_WINDOW, 1, 60 * S, 90, 0);
  CHECK_INT(take(l, b, 60, 0, T0), 0);
  settle(l, b, 60, T0);
  CHECK_INT(take(l, b, 60, 0, T0 + S), 59 * S);
  CHECK_INT(take(l, b, 1, 0, T0 + 60 * S), 0);
  CHECK_INT(take(l, b, 60, 0, T0 + 60 * S), 60 * S);
  CHECK_INT(take(l, tiny, 1, 0, T0), 0);
  bourse__limiter_free(l);
}

TEST(more_than_the_bucket_holds_is_refused_at_once) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "weight", BOURSE__BUCKET_FIXED_WINDOW, 10, 60 * S, 0, 0);
  bourse__cost costs[] = {{b, 6}, {b, 5}};
  int32_t reason = 0;
  CHECK_INT(bourse__limiter_acquire(l, costs, 2, 1, T0, &reason), BOURSE_ERROR_RATE_LIMITED);
  CHECK_INT(reason, BOURSE__LIMITER_NEVER);
  costs[1].bucket = 7;
  CHECK_INT(bourse__limiter_acquire(l, costs, 2, 1, T0, &reason), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(used_now(l, b, T0), 0);
  bourse__limiter_settle(l, costs, 2, T0); /* an unknown bucket is passed over */
  bourse__limiter_refund(l, costs, 2, T0);
  bourse__limiter_counters counters;
  bourse__limiter_get_counters(l, &counters);
  CHECK_INT(counters.refused, 1);
  bourse__limiter_free(l);
}

TEST(all_costs_are_taken_or_none) {
  bourse__limiter *l = make(NULL);
  uint32_t a = add(l, "minute", BOURSE__BUCKET_FIXED_WINDOW, 10, 60 * S, 0, 0);
  uint32_t b = add(l, "second", BOURSE__BUCKET_FIXED_WINDOW, 2, S, 0, 0);
  bourse__cost costs[] = {{a, 3}, {b, 1}, {a, 1}};
  int32_t reason = 9;
  CHECK_INT(bourse__limiter_acquire(l, costs, 3, 0, T0, &reason), 0);
  CHECK_INT(reason, BOURSE__LIMITER_ADMITTED);
  CHECK_INT(used_now(l, a, T0), 4);
  CHECK_INT(bourse__limiter_acquire(l, costs, 3, 0, T0, &reason), 0);
  CHECK_INT(bourse__limiter_acquire(l, costs, 3, 0, T0 + S / 2, &reason), 59 * S + S / 2); /* the longer of the two */
  CHECK_INT(reason, BOURSE__LIMITER_BUDGET);
  CHECK_INT(used_now(l, a, T0), 8);
  CHECK_INT(used_now(l, b, T0), 2);
  bourse__limiter_refund(l, costs, 3, T0 + S / 2);
  CHECK_INT(used_now(l, a, T0 + S / 2), 4);
  CHECK_INT(used_now(l, b, T0 + S / 2), 1);
  CHECK_INT(bourse__limiter_acquire(l, NULL, 0, 0, T0, &reason), 0);
  bourse__limiter_free(l);
}

TEST(a_refund_gives_a_leaky_bucket_its_room_back) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "points", BOURSE__BUCKET_LEAKY, 10, 10 * S, 0, 0);
  CHECK_INT(take(l, b, 10, 0, T0), 0);
  bourse__limiter_refund(l, &(bourse__cost){b, 4}, 1, T0 + S);
  CHECK_INT(used_now(l, b, T0 + S), 5);
  CHECK_INT(take(l, b, 5, 0, T0 + S), 0);
  CHECK_INT(take(l, b, 1, 0, T0 + S), S);
  bourse__limiter_refund(l, &(bourse__cost){b, 10}, 1, T0 + 60 * S); /* long drained */
  CHECK_INT(used_now(l, b, T0 + 60 * S), 0);
  bourse__limiter_free(l);
}

TEST(the_exchange_knows_better_what_is_used) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "weight", BOURSE__BUCKET_FIXED_WINDOW, 100, 60 * S, 0, 0);
  bourse__bucket_state state;
  CHECK_INT(bourse__limiter_bucket_state(l, b, T0, &state), BOURSE_OK);
  CHECK_INT(state.learned, BOURSE_NO);
  CHECK_INT(take(l, b, 10, 0, T0), 0);
  CHECK_INT(take(l, b, 20, 0, T0), 0);
  settle(l, b, 10, T0 + S);
  bourse__limiter_learn_used(l, b, 70, T0, T0 + S); /* somebody else on this address */
  CHECK_INT(used_now(l, b, T0 + S), 70);
  bourse__limiter_learn_used(l, b, 60, T0, T0 + S); /* allows 60 to 80: ours stays */
  CHECK_INT(used_now(l, b, T0 + S), 70);
  bourse__limiter_learn_used(l, b, 5, T0, T0 + S);
  CHECK_INT(used_now(l, b, T0 + S), 25);
  bourse__limiter_learn_used(l, b, 0, T0, T0 + S);
  CHECK_INT(used_now(l, b, T0 + S), 20); /* never below what is in flight */
  bourse__limiter_learn_used(l, b, 4000000000u, T0, T0 + S);
  CHECK(take(l, b, 1, 1, T0 + S) > 0);
  CHECK_INT(bourse__limiter_bucket_state(l, b, T0, &state), BOURSE_OK);
  CHECK_INT(state.learned, BOURSE_YES);
  CHECK_INT(state.in_flight, 20);
  bourse__limiter_learn_used(l, 5, 1, T0, T0 + S); /* no such bucket: nothing happens */
  bourse__limiter_free(l);
}

TEST(a_report_that_may_belong_to_the_window_before_is_ignored) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "weight", BOURSE__BUCKET_FIXED_WINDOW, 100, 60 * S, 0, 0);
  bourse__limiter_learn_used(l, b, 99, T0 + 59 * S, T0 + 61 * S);
  CHECK_INT(used_now(l, b, T0 + 61 * S), 0);
  bourse__limiter_learn_used(l, b, 99, T0 + 60 * S, T0 + 61 * S);
  CHECK_INT(used_now(l, b, T0 + 61 * S), 99);
  bourse__limiter_free(l);
}

TEST(a_leaky_bucket_learns_too) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "points", BOURSE__BUCKET_LEAKY, 10, 10 * S, 0, 0);
  bourse__limiter_learn_used(l, b, 7, T0, T0 + S);
  CHECK_INT(used_now(l, b, T0 + S), 7);
  CHECK_INT(take(l, b, 4, 0, T0 + S), S);
  bourse__limiter_learn_used(l, b, UINT32_MAX, T0, T0 + S);
  CHECK_INT(take(l, b, 10, 0, T0 + S), 20 * S);
  CHECK_INT(take(l, b, 10, 0, T0 + 21 * S), 0);
  bourse__limiter_free(l);
}

TEST(limits_are_learned) {
  bourse__limiter *l = make(NULL);
  uint32_t b = add(l, "weight", BOURSE__BUCKET_FIXED_WINDOW, 10, 60 * S, 0, 0);
  uint32_t k = add(l, "points", BOURSE__BUCKET_LEAKY, 10, 10 * S, 0, 0);
  CHECK_INT(take(l, b, 10, 0, T0), 0);
  CHECK_INT(bourse__limiter_learn_capacity(l, b, 25, 60 * S, T0), BOURSE_OK);
  CHECK_INT(take(l, b, 15, 0, T0), 0);
  CHECK(take(l, b, 1, 0, T0) > 0);
  settle(l, b, 25, T0);
  CHECK_INT(bourse__limiter_learn_capacity(l, b, 25, 10 * S, T0 + 5 * S), BOURSE_OK);
  CHECK_INT(take(l, b, 1, 0, T0 + 5 * S), 5 * S);
  CHECK_INT(take(l, k, 10, 0, T0), 0);
  CHECK_INT(bourse__limiter_learn_capacity(l, k, 20, 40 * S, T0), BOURSE_OK);
  CHECK_INT(used_now(l, k, T0), 10);
  CHECK_INT(take(l, k, 10, 0, T0), 0);
  CHECK_INT(take(l, k, 1, 0, T0), 2 * S);
  CHECK_INT(bourse__limiter_learn_capacity(l, b, 0, S, T0), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__limiter_learn_capacity(l, b, 5, 0, T0), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__limiter_learn_capacity(l, b, 5, 367 * 86400 * S, T0), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__limiter_learn_capacity(l, 9, 5, S, T0), BOURSE_ERROR_ARGUMENT);
  bourse__limiter_free(l);
}

TEST(an_open_circuit_stops_its_group_and_group_0_everything) {
  bourse__limiter *l = make(NULL);
  uint32_t a = add(l, "ip", BOURSE__BUCKET_FIXED_WINDOW, 100, 60 * S, 0, 1);
  uint32_t b = add(l, "account", BOURSE__BUCKET_FIXED_WINDOW, 100, 60 * S, 0, 2);
  bourse__cost cost = {a, 1};
  int32_t reason = 0;
  CHECK_INT(bourse__limiter_open_circuit(l, 1, T0 + 30 * S), BOURSE_OK);
  CHECK_INT(bourse__limiter_open_circuit(l, 1, T0 + 10 * S), BOURSE_OK); /* never shortened */
  CHECK_INT(bourse__limiter_acquire(l, &cost, 1, 1, T0, &reason), 30 * S);
  CHECK_INT(reason, BOURSE__LIMITER_CIRCUIT);
  CHECK_INT(take(l, b, 1, 0, T0), 0);
  CHECK_INT(bourse__limiter_acquire(l, NULL, 0, 0, T0, &reason), 0);
  CHECK_INT(bourse__limiter_circuit_until_ns(l, 1, T0), T0 + 30 * S);
  CHECK_INT(bourse__limiter_circuit_until_ns(l, 2, T0), 0);
  CHECK_INT(take(l, a, 1, 0, T0 + 30 * S), 0);
  CHECK_INT(bourse__limiter_open_circuit(l, 0, T0 + 90 * S), BOURSE_OK);
  CHECK_INT(take(l, b, 1, 1, T0 + 80 * S), 10 * S);
  CHECK_INT(bourse__limiter_acquire(l, NULL, 0, 0, T0 + 80 * S, &reason), 10 * S);
  CHECK_INT(bourse__limiter_circuit_until_ns(l, 2, T0 + 80 * S), T0 + 90 * S);
  bourse__limiter_counters counters;
  bourse__limiter_get_counters(l, &counters);
  CHECK_INT(counters.refused, 3);
  bourse__limiter_free(l);
}

TEST(bad_buckets_are_refused) {
  bourse__limiter *l = make(NULL);
  uint32_t bucket = 0;
  bourse__bucket_options good = {.name = "x", .kind = BOURSE__BUCKET_LEAKY, .capacity = 1, .interval_ns = 1};
  CHECK_INT(bourse__limiter_find_bucket(l, &bucket, "x"), BOURSE_ERROR_UNKNOWN_NAME);
  CHECK_INT(bourse__limiter_add_bucket(l, &bucket, &good), BOURSE_OK);
  CHECK_INT(bourse__limiter_add_bucket(l, &bucket, &good), BOURSE_ERROR_ARGUMENT); /* the name is in use */
  CHECK_INT(bourse__limiter_find_bucket(l, &bucket, "x"), BOURSE_OK);
  for (int i = 0; i < 5; i++) {
    bourse__bucket_options bad = good;
    bad.name = "y";
    if (i == 0) bad.name = NULL;
    if (i == 1) bad.kind = 4;
    if (i == 2) bad.capacity = 0;
    if (i == 3) bad.interval_ns = 0;
    if (i == 4) bad.reserved_percent = 91;
    CHECK_INT(bourse__limiter_add_bucket(l, &bucket, &bad), BOURSE_ERROR_ARGUMENT);
  }
  bourse__limiter_free(l);
  bourse__limiter_free(NULL);
}

TEST(extreme_sizes_do_not_overflow) {
  bourse__limiter *l = make(NULL);
  uint32_t a = add(l, "a", BOURSE__BUCKET_LEAKY, UINT32_MAX, 366 * 86400 * S, 50, 0);
  uint32_t b = add(l, "b", BOURSE__BUCKET_LEAKY, 1, 366 * 86400 * S, 50, 0);
  uint32_t c = add(l, "c", BOURSE__BUCKET_FIXED_WINDOW, UINT32_MAX, 1, 50, 0);
  CHECK_INT(take(l, a, UINT32_MAX, 1, T0), 0);
  CHECK_INT(used_now(l, a, T0), UINT32_MAX);
  CHECK(take(l, a, UINT32_MAX, 1, T0) >= 366 * 86400 * S);
  bourse__limiter_learn_used(l, a, UINT32_MAX, T0, T0);
  CHECK_INT(take(l, b, 1, 1, T0), 0);
  CHECK_INT(take(l, b, 1, 1, T0), 366 * 86400 * S);
  CHECK_INT(take(l, c, UINT32_MAX, 1, T0), 0);
  CHECK_INT(take(l, c, UINT32_MAX, 1, T0), 1);
  bourse__limiter_free(l);
}

typedef struct shared {
  uint32_t left;
  int acquired;
  int refunded;
  char last[16];
} shared;

static int64_t hook_acquire(void *user_data, const char *bucket, uint32_t cost, int64_t now_ns) {
  shared *s = user_data;
  (void)now_ns;
  if (s->left < cost) return 5 * S;
  s->left -= cost;
  s->acquired++;
  snprintf(s->last, sizeof s->last, "%s", bucket);
  return 0;
}

static void hook_refund(void *user_data, const char *bucket, uint32_t cost, int64_t now_ns) {
  shared *s = user_data;
  (void)now_ns;
  s->left += cost;
  s->refunded++;
  snprintf(s->last, sizeof s->last, "%s", bucket);
}

TEST(the_host_shares_budgets_between_processes) {
  shared s = {.left = 10};
  bourse_limiter_hook hook = {&s, hook_acquire, hook_refund};
  bourse__limiter *l = make(&hook);
  uint32_t a = add(l, "ip", BOURSE__BUCKET_FIXED_WINDOW, 8, 60 * S, 0, 0);
  uint32_t b = add(l, "orders", BOURSE__BUCKET_FIXED_WINDOW, 100, 60 * S, 0, 0);
  bourse__cost costs[] = {{a, 4}, {b, 5}};
  int32_t reason = 0;
  CHECK_INT(bourse__limiter_acquire(l, costs, 2, 0, T0, &reason), 0);
  CHECK_INT(s.left, 1);
  CHECK_STR(s.last, "orders");
  costs[0].weight = 1;
  CHECK_INT(bourse__limiter_acquire(l, costs, 2, 0, T0, &reason), 5 * S);
  CHECK_INT(reason, BOURSE__LIMITER_HOST);
  CHECK_INT(s.left, 1); /* the first was given back */
  CHECK_STR(s.last, "ip");
  CHECK_INT(used_now(l, a, T0), 4);
  costs[0].weight = 5;
  CHECK_INT(bourse__limiter_acquire(l, costs, 2, 0, T0, &reason), 60 * S); /* our own budget is asked first */
  CHECK_INT(reason, BOURSE__LIMITER_BUDGET);
  costs[0].weight = 4;
  bourse__limiter_refund(l, costs, 2, T0);
  CHECK_INT(s.left, 10);
  bourse__limiter_counters counters;
  bourse__limiter_get_counters(l, &counters);
  CHECK_INT(counters.delayed, 2);
  bourse__limiter_free(l);
}

/* A host whose n-th allocation fails. */
TEST(want_of_memory_is_told_and_leaks_nothing) {
  int left;
  const bourse_allocator failing = few_allocator(&left);
  int n = 0, whole = 0;
  for (; !whole && n < 50; n++) {
    left = n;
    bourse__limiter *l = NULL;
    int32_t error = bourse__limiter_new(&l, &failing, NULL);
    bourse__bucket_options o = {.name = "a", .kind = BOURSE__BUCKET_LEAKY, .capacity = 1, .interval_ns = S};
    uint32_t bucket;
    if (error == BOURSE_OK) error = bourse__limiter_add_bucket(l, &bucket, &o);
    o.name = "b";
    if (error == BOURSE_OK) error = bourse__limiter_add_bucket(l, &bucket, &o);
    if (error == BOURSE_OK) error = bourse__limiter_open_circuit(l, 1, T0);
    CHECK(error == BOURSE_OK || error == BOURSE_ERROR_MEMORY);
    whole = error == BOURSE_OK;
    bourse__limiter_free(l);
  }
  CHECK_INT(n, 7); /* six allocations in all */
}

TEST_MAIN()
