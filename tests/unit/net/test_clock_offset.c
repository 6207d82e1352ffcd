#include "net/clock_offset.h"

#include <bourse/error.h>

#include "net/no_transport.h"
#include "test.h"

#define MS 1000000LL

TEST(nothing_is_known_at_first) {
  bourse__clock_offset c = {0};
  CHECK_INT(bourse__clock_offset_ns(&c), 0);
  CHECK_INT(bourse__clock_offset_round_trip_ns(&c), 0);
  CHECK_INT(bourse__clock_offset_count(&c), 0);
  CHECK_INT(bourse__clock_offset_updated_ns(&c), 0);
}

TEST(one_sample_is_server_time_minus_the_middle) {
  bourse__clock_offset c = {0};
  CHECK_INT(bourse__clock_offset_add(&c, 1000 * MS, 1040 * MS, 6020 * MS), BOURSE_OK);
  CHECK_INT(bourse__clock_offset_ns(&c), 5000 * MS);
  CHECK_INT(bourse__clock_offset_round_trip_ns(&c), 40 * MS);
  CHECK_INT(bourse__clock_offset_updated_ns(&c), 1040 * MS);
  CHECK_INT(bourse__clock_offset_add(&c, 2000 * MS, 2001 * MS, 1500 * MS), BOURSE_OK);
  CHECK_INT(bourse__clock_offset_count(&c), 2);
}

/* A sample with this offset and round trip. */
static void add(bourse__clock_offset *c, int64_t offset_ms, int64_t round_trip_ms) {
  int64_t sent = 1700000000000 * MS, round_trip = round_trip_ms * MS;
  int64_t server = sent + round_trip / 2 + offset_ms * MS;
  CHECK_INT(bourse__clock_offset_add(c, sent, sent + round_trip, server), BOURSE_OK);
}

TEST(the_median_withstands_outliers) {
  bourse__clock_offset c = {0};
  add(&c, 10, 4);
  add(&c, 9000, 800);
  add(&c, 12, 6);
  CHECK_INT(bourse__clock_offset_ns(&c), 12 * MS);
  CHECK_INT(bourse__clock_offset_round_trip_ns(&c), 6 * MS);
  add(&c, -7000, 900);
  add(&c, 11, 8);
  CHECK_INT(bourse__clock_offset_ns(&c), 11 * MS);
  CHECK_INT(bourse__clock_offset_round_trip_ns(&c), 8 * MS);
}

TEST(of_an_even_number_the_faster_of_the_middle_two) {
  bourse__clock_offset c = {0};
  add(&c, 100, 50);
  add(&c, 20, 4);
  CHECK_INT(bourse__clock_offset_ns(&c), 20 * MS);
  bourse__clock_offset d = {0};
  add(&d, 1, 1), add(&d, 40, 9), add(&d, 30, 10), add(&d, 90, 1);
  CHECK_INT(bourse__clock_offset_ns(&d), 40 * MS);
  CHECK_INT(bourse__clock_offset_round_trip_ns(&d), 9 * MS);
}

TEST(only_the_newest_five_count) {
  bourse__clock_offset c = {0};
  for (int i = 0; i < 5; i++) add(&c, 1000, 10);
  for (int i = 0; i < 2; i++) add(&c, -3, 10);
  CHECK_INT(bourse__clock_offset_ns(&c), 1000 * MS);
  add(&c, -3, 10);
  CHECK_INT(bourse__clock_offset_ns(&c), -3 * MS);
  CHECK_INT(bourse__clock_offset_count(&c), 5);
  for (int i = 0; i < 1000; i++) add(&c, i, 10);
  CHECK_INT(bourse__clock_offset_ns(&c), 997 * MS);
  bourse__clock_offset_reset(&c);
  CHECK_INT(bourse__clock_offset_count(&c), 0);
  CHECK_INT(bourse__clock_offset_ns(&c), 0);
}

TEST(impossible_samples_are_refused) {
  bourse__clock_offset c = {0};
  add(&c, 5, 2);
  CHECK_INT(bourse__clock_offset_add(&c, 10, 9, 10), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__clock_offset_add(&c, INT64_MIN, INT64_MAX, 0), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__clock_offset_add(&c, INT64_MAX - 1, INT64_MAX, INT64_MIN), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__clock_offset_add(&c, -10, -8, INT64_MAX), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__clock_offset_add(&c, INT64_MIN, INT64_MIN, INT64_MIN), BOURSE_OK);
  CHECK_INT(bourse__clock_offset_count(&c), 2);
}

TEST_MAIN()
