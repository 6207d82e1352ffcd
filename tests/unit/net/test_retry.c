#include "net/retry.h"

#include "net/no_transport.h"
#include "test.h"

/* Gives out a list of numbers in turn. */
typedef struct listed {
  const uint64_t *values;
  int at;
} listed;

static void fill_listed(void *user_data, void *out, size_t size) {
  listed *l = user_data;
  memcpy(out, &l->values[l->at++], size < 8 ? size : 8);
}

static int64_t delay(uint32_t attempt, int64_t base, int64_t cap, int64_t least, uint64_t number) {
  listed l = {&number, 0};
  bourse_random random = {&l, fill_listed};
  return bourse__retry_delay_ns(attempt, base, cap, least, &random);
}

TEST(the_range_doubles_with_each_attempt) {
  /* The number drawn is taken modulo the range: limit itself gives the longest delay, limit + 1 wraps to none. */
  CHECK_INT(delay(0, 100, 100000, 0, 100), 100);
  CHECK_INT(delay(0, 100, 100000, 0, 101), 0);
  CHECK_INT(delay(1, 100, 100000, 0, 200), 200);
  CHECK_INT(delay(1, 100, 100000, 0, 201), 0);
  CHECK_INT(delay(5, 100, 100000, 0, 3200), 3200);
  CHECK_INT(delay(5, 100, 100000, 0, 0), 0);
}

TEST(the_cap_holds_for_any_attempt) {
  CHECK_INT(delay(10, 100, 100000, 0, 100000), 100000);
  CHECK_INT(delay(10, 100, 100000, 0, 100001), 0);
  CHECK_INT(delay(62, 3, 100000, 0, 100000), 100000);
  CHECK_INT(delay(63, 1, 100000, 0, 100000), 100000);
  CHECK_INT(delay(UINT32_MAX, 1, 100000, 0, 99999), 99999);
  CHECK_INT(delay(3, 500, 100, 0, 100), 100); /* base above the cap */
}

TEST(what_the_exchange_asked_for_comes_on_top) {
  CHECK_INT(delay(0, 100, 1000, 5000, 40), 5040);
  CHECK_INT(delay(0, 100, INT64_MAX, INT64_MAX - 3, 50), INT64_MAX);
  CHECK_INT(delay(200, 1, INT64_MAX, INT64_MAX, 77), INT64_MAX);
}

TEST(nothing_or_less_is_no_delay) {
  CHECK_INT(delay(4, 0, 1000, 0, 77), 0);
  CHECK_INT(delay(4, -5, 1000, -9, 77), 0);
  CHECK_INT(delay(4, 100, 0, 0, 77), 0);
  CHECK_INT(delay(4, 100, -1, 30, 77), 30);
}

TEST(numbers_past_the_last_whole_range_are_drawn_again) {
  const uint64_t values[] = {UINT64_MAX, UINT64_MAX - 1, 7};
  listed l = {values, 0};
  bourse_random random = {&l, fill_listed};
  CHECK_INT(bourse__retry_delay_ns(0, 9, 1000, 0, &random), 7); /* range 10: 2^64 is no multiple of it */
  CHECK_INT(l.at, 3);
}

static void fill_counting(void *user_data, void *out, size_t size) {
  uint64_t *state = user_data;
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  uint64_t value = *state ^ *state >> 33;
  memcpy(out, &value, size);
}

TEST(delays_spread_over_the_whole_range) {
  uint64_t state = 1;
  bourse_random random = {&state, fill_counting};
  int tenths[10] = {0};
  for (int i = 0; i < 10000; i++) {
    int64_t d = bourse__retry_delay_ns(3, 125, 1000000, 0, &random);
    CHECK(d >= 0 && d <= 1000);
    tenths[d == 1000 ? 9 : d / 100]++;
  }
  for (int i = 0; i < 10; i++) CHECK(tenths[i] > 850 && tenths[i] < 1150);
}

TEST_MAIN()
