#include "core/time.h"

#include <bourse/error.h>
#include <time.h>

#include "test.h"

static void check_pair(const char *given, const char *canonical, int64_t ns) {
  char text[BOURSE_TIME_TEXT_SIZE];
  int64_t parsed = 1;
  if (bourse_time_parse(&parsed, given) != BOURSE_OK) TEST_FAIL("not parsed: %s", given);
  CHECK_INT(parsed, ns);
  CHECK_INT(bourse_time_format(text, sizeof text, ns), BOURSE_OK);
  CHECK_STR(text, canonical);
}

TEST(known_times) {
  check_pair("1970-01-01", "1970-01-01T00:00:00.000000000Z", 0);
  check_pair("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000000Z", 0);
  check_pair("2025-10-09T08:53:20.123Z", "2025-10-09T08:53:20.123000000Z", 1760000000123000000);
  check_pair("2025-10-09 08:53:20.123", "2025-10-09T08:53:20.123000000Z", 1760000000123000000);
  check_pair("2025-10-09t10:53:20.123456789+02:00", "2025-10-09T08:53:20.123456789Z", 1760000000123456789);
  check_pair("2025-10-09T03:23:20-0530", "2025-10-09T08:53:20.000000000Z", 1760000000000000000);
  check_pair("2025-10-09T08:53+00", "2025-10-09T08:53:00.000000000Z", 1759999980000000000);
  check_pair("2024-02-29T23:59:59.999999999Z", "2024-02-29T23:59:59.999999999Z", 1709251199999999999);
  check_pair("2000-02-29", "2000-02-29T00:00:00.000000000Z", 951782400000000000);
  check_pair("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z", -1);
  check_pair("1900-03-01", "1900-03-01T00:00:00.000000000Z", -2203891200000000000);
  check_pair("2262-04-11T23:47:16.854775807Z", "2262-04-11T23:47:16.854775807Z", INT64_MAX);
  check_pair("1677-09-21T00:12:43.145224192Z", "1677-09-21T00:12:43.145224192Z", INT64_MIN);
}

TEST(what_is_no_time_is_refused) {
  static const char *const bad[] = {"",
                                    "2023",
                                    "2023-01",
                                    "2023-1-1",
                                    "2023-01-01T",
                                    "2023-01-01 ",
                                    "2023-01-01T10",
                                    "2023-00-01",
                                    "2023-13-01",
                                    "2023-01-00",
                                    "2023-01-32",
                                    "2023-02-29",
                                    "1900-02-29",
                                    "2023-04-31",
                                    "0000-01-01",
                                    "2023-01-01T24:00:00Z",
                                    "2023-01-01T10:60:00Z",
                                    "2023-01-01T10:00:60Z",
                                    "2023-01-01T10:00:00.Z",
                                    "2023-01-01T10:00:00.1234567890Z",
                                    "2023-01-01T10:00:00,5Z",
                                    "2023-01-01T10:00:00Zx",
                                    "2023-01-01T10:00:00+24:00",
                                    "2023-01-01T10:00:00+1",
                                    "2023-01-01x",
                                    "2023-01-01T10:00:00+01:60",
                                    "2023-01-01T10:00:00+01:",
                                    "2023/01/01",
                                    "+2023-01-01",
                                    " 2023-01-01",
                                    "2262-04-11T23:47:16.854775808Z",
                                    "1677-09-21T00:12:43.145224191Z",
                                    "9999-01-01",
                                    "0001-01-01",
                                    "2262-04-12T00:47:16-23:00",
                                    "2O23-01-01"};
  int64_t ns;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    if (bourse_time_parse(&ns, bad[i]) != BOURSE_ERROR_ARGUMENT) TEST_FAIL("accepted: %s", bad[i]);
  CHECK_INT(bourse_time_parse(NULL, "2023-01-01"), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_time_parse(&ns, NULL), BOURSE_ERROR_ARGUMENT);
}

TEST(format_needs_room) {
  char text[BOURSE_TIME_TEXT_SIZE];
  CHECK_INT(bourse_time_format(text, sizeof text - 1, 0), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_time_format(NULL, sizeof text, 0), BOURSE_ERROR_ARGUMENT);
}

TEST(the_c_library_agrees) {
  for (int64_t seconds = -9000000000; seconds < 9000000000; seconds += 12345677) {
    char expected[40], text[BOURSE_TIME_TEXT_SIZE];
    time_t t = (time_t)seconds;
    if ((int64_t)t != seconds) continue; /* of 32 bits */
    struct tm parts;
    int64_t back;
    strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.000000000Z", gmtime_r(&t, &parts));
    CHECK_INT(bourse_time_format(text, sizeof text, seconds * 1000000000), BOURSE_OK);
    CHECK_STR(text, expected);
    CHECK_INT(bourse_time_parse(&back, text), BOURSE_OK);
    CHECK_INT(back, seconds * 1000000000);
  }
}

TEST(every_truncation_is_a_time_or_refused) {
  static const char whole[] = "2025-10-09T08:53:20.123456789+02:00";
  for (size_t length = 0; length < sizeof whole; length++) {
    char *exact = malloc(length == 0 ? 1 : length);
    int64_t ns;
    if (exact == NULL) return;
    memcpy(exact, whole, length == sizeof whole ? length - 1 : length);
    int32_t expected =
        length == 10 || length == 16 || length == 19 || (length >= 21 && length <= 29) || length == 32 || length == 35;
    if ((bourse__time_parse(&ns, exact, length) == BOURSE_OK) != expected) TEST_FAIL("length %zu", length);
    free(exact);
  }
}

/* --- The short way of the usual form --- */

/* What it takes is what the long way reads; what it need not take is what lies outside its years. */
static void check_seconds(const char *text, int wanted) {
  int64_t seconds = -1, ns = -1;
  int taken = bourse__time_seconds(&seconds, text);
  int right = bourse__time_parse(&ns, text, 19) == BOURSE_OK;
  if (taken && (!right || ns != seconds * 1000000000)) TEST_FAIL("%.19s is not %lld", text, (long long)seconds);
  if (wanted && !taken) TEST_FAIL("not taken: %.19s", text);
  if (!taken && seconds != -1) TEST_FAIL("stored: %.19s", text);
}

TEST(seconds_of_every_day) {
  char text[64];
  for (int year = 1970; year <= 2200; year++)
    for (int month = 0; month <= 13; month++)
      for (int day = 0; day <= 32; day++) {
        int64_t ns;
        snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, day % 24, (day * 7 + month) % 60,
                 (day * 11 + year) % 60);
        check_seconds(text, bourse__time_parse(&ns, text, 19) == BOURSE_OK);
      }
  check_seconds("1969-12-31T23:59:59", 0);
  check_seconds("2201-01-01T00:00:00", 0);
}

TEST(seconds_of_a_text_with_any_byte_anywhere) {
  static const char *const whole[] = {"2023-07-30T15:30:15", "2024-02-29T23:59:59", "1970-01-01T00:00:00"};
  for (size_t i = 0; i < 3; i++)
    for (size_t at = 0; at < 19; at++)
      for (int byte = 0; byte < 256; byte++) {
        char text[20];
        memcpy(text, whole[i], sizeof text);
        text[at] = (char)byte;
        check_seconds(text, byte == whole[i][at]);
      }
}

TEST_MAIN()
