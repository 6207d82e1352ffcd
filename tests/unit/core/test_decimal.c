#include "core/decimal.h"

#include <bourse/error.h>
#include <stdint.h>

#include "decimal_vectors.h"
#include "test.h"

static bourse_decimal number(const char *text) {
  bourse_decimal value;
  if (bourse_decimal_parse(&value, text, SIZE_MAX) != BOURSE_OK) TEST_FAIL("not parsed: %s", text);
  return value;
}

static const char *text_of(const bourse_decimal *value) {
  static char text[4][BOURSE_DECIMAL_TEXT_SIZE];
  static int turn;
  char *out = text[turn = (turn + 1) % 4];
  if (bourse_decimal_format(out, BOURSE_DECIMAL_TEXT_SIZE, value) < 0) TEST_FAIL("not formatted");
  return out;
}

TEST(parse_keeps_the_digits_as_written) {
  static const char *const same[] = {"0",
                                     "0.00",
                                     "0.10",
                                     "1200",
                                     "-12.50",
                                     "65000.12000000",
                                     "0.00000001",
                                     "1.0",
                                     "-1",
                                     "10",
                                     "99999999",
                                     "123456789",
                                     "1234567890123456789",
                                     "0.1234567890123456789012345678901234567",
                                     "340282366920938463463374607431768211455",
                                     "-340282366920938463463374607431768211455"};
  for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
    bourse_decimal value = number(same[i]);
    CHECK_STR(text_of(&value), same[i]);
  }
}

TEST(parse_accepts_the_whole_grammar) {
  static const char *const pairs[][2] = {{"+3", "3"},
                                         {"5.", "5"},
                                         {".5", "0.5"},
                                         {"007", "7"},
                                         {"1e3", "1000"},
                                         {"1.2e-7", "0.00000012"},
                                         {"1.2E+2", "120"},
                                         {"-0", "0"},
                                         {"-0.00", "0.00"},
                                         {"0e50", "0"},
                                         {"12e0", "12"},
                                         {"-.5e1", "-5"},
                                         {"1.50e1", "15.0"},
                                         {"0e-999999999999", NULL},
                                         {"0e999999999999999999999", "0"},
                                         {"00000000000000000000000000000000000000000000000001", "1"}};
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    bourse_decimal value = number(pairs[i][0]);
    if (pairs[i][1] != NULL)
      CHECK_STR(text_of(&value), pairs[i][1]);
    else
      CHECK_INT(bourse_decimal_sign(&value), 0);
  }
}

TEST(there_is_no_negative_zero) {
  static const char *const zeros[] = {"-0", "-0.00", "-0e5", "-00000000000000000000000000000.0"};
  for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++) {
    bourse_decimal value = number(zeros[i]);
    CHECK_INT(value.flags, BOURSE_DECIMAL_PRESENT);
  }
}

TEST(parse_refuses_what_is_no_number) {
  static const char *const bad[] = {"",           ".",
                                    "-",          "+",
                                    "e5",         "1e",
                                    "1e+",        "1..2",
                                    "1.2.3",      " 1",
                                    "1 ",         "0x10",
                                    "1,5",        "--1",
                                    "+-1",        "NaN",
                                    "Infinity",   "1e5.0",
                                    "1_000",      "12a",
                                    "a12",        "1234567890123456789012x",
                                    "1.e",        "-.",
                                    ".e1",        "12345678a",
                                    "1234567:",   ":2345678",
                                    "/2345678",   "1.123456/7",
                                    "1.12345678a"};
  bourse_decimal value;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    value = number("1");
    if (bourse_decimal_parse(&value, bad[i], SIZE_MAX) != BOURSE_ERROR_ARGUMENT) TEST_FAIL("accepted: %s", bad[i]);
    CHECK(!bourse_decimal_is_present(&value));
    CHECK_INT(value.low, 0);
  }
  CHECK_INT(bourse_decimal_parse(&value, NULL, 0), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_parse(NULL, "1", 1), BOURSE_ERROR_ARGUMENT);
}

TEST(parse_refuses_what_does_not_fit) {
  static const char *const bad[] = {"340282366920938463463374607431768211456",
                                    "0.1234567890123456789012345678901234567890123",
                                    "1e-101",
                                    "1e140",
                                    "1e999999999999",
                                    "1e-999999999999",
                                    "10000000000000000000000000000000000000001",
                                    "1.00000000000000000000000000000000000000000001"};
  bourse_decimal value;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    if (bourse_decimal_parse(&value, bad[i], SIZE_MAX) != BOURSE_ERROR_OVERFLOW) TEST_FAIL("accepted: %s", bad[i]);
    CHECK(!bourse_decimal_is_present(&value));
  }
}

TEST(parse_drops_only_zeros_that_have_no_room) {
  bourse_decimal value = number("1.00000000000000000000000000000000000000000000000000");
  CHECK_INT(value.exponent, -38);
  bourse_decimal one = number("1");
  CHECK_INT(bourse_decimal_compare(&value, &one), 0);
  value = number("1e120");
  CHECK_INT(value.exponent, 100);
  value = number("100000000000000000000000000000000000000000000000");
  CHECK_STR(text_of(&value), "100000000000000000000000000000000000000000000000");
  value = number("0.00000000000000000000000000000000000000000000000000");
  CHECK_INT(value.exponent, -50);
}

TEST(parse_reads_only_its_length) {
  bourse_decimal value;
  CHECK_INT(bourse_decimal_parse(&value, "12345", 3), BOURSE_OK);
  CHECK_STR(text_of(&value), "123");
  CHECK_INT(bourse_decimal_parse(&value, "1\0002", 3), BOURSE_ERROR_ARGUMENT);
  for (size_t length = 1; length < 60; length++) { /* in blocks of exactly that size, for memory checkers */
    char *exact = malloc(length);
    if (exact == NULL) return;
    memset(exact, '0', length);
    exact[length - 1] = '7';
    CHECK_INT(bourse__decimal_scan(&value, exact, length), BOURSE_OK);
    CHECK_STR(text_of(&value), "7");
    if (length > 1) {
      exact[1] = '.';
      CHECK_INT(bourse__decimal_scan(&value, exact, length), BOURSE_OK);
    }
    free(exact);
  }
}

TEST(format_needs_room_and_says_so) {
  bourse_decimal value = number("-12.50"), absent = {0, 0, 0, 0};
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  CHECK_INT(bourse_decimal_format(text, 7, &value), 6);
  CHECK_INT(bourse_decimal_format(text, 6, &value), BOURSE_ERROR_ARGUMENT);
  CHECK_STR(text, "");
  CHECK_INT(bourse_decimal_format(text, sizeof text, &absent), 0);
  CHECK_STR(text, "");
  CHECK_INT(bourse_decimal_format(text, sizeof text, NULL), 0);
  CHECK_INT(bourse_decimal_format(NULL, 10, &value), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_format(text, 0, &value), BOURSE_ERROR_ARGUMENT);
  bourse_decimal longest = {UINT64_MAX, UINT64_MAX, 100, BOURSE_DECIMAL_PRESENT | BOURSE_DECIMAL_NEGATIVE};
  CHECK_INT(bourse_decimal_format(text, sizeof text, &longest), 140);
  longest.exponent = -100;
  CHECK_INT(bourse_decimal_format(text, sizeof text, &longest), 103);
  longest.exponent = 101; /* no number at all */
  CHECK_INT(bourse_decimal_format(text, sizeof text, &longest), 0);
  CHECK(!bourse_decimal_is_present(&longest));
}

TEST(int64_there_and_back) {
  static const int64_t values[] = {0, 1, -1, 42, INT64_MAX, INT64_MIN, INT64_MIN + 1, 1234567890123456789};
  bourse_decimal value;
  int64_t back;
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    bourse_decimal_from_int64(&value, values[i]);
    CHECK_INT(bourse_decimal_to_int64(&back, &value), BOURSE_OK);
    CHECK_INT(back, values[i]);
  }
  static const char *const bad[] = {
      "9223372036854775808", "-9223372036854775809", "1.5", "1e19", "1e100", "0.1", "1e-100"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    value = number(bad[i]);
    if (bourse_decimal_to_int64(&back, &value) != BOURSE_ERROR_OVERFLOW) TEST_FAIL("accepted: %s", bad[i]);
  }
  value = number("12.00");
  CHECK_INT(bourse_decimal_to_int64(&back, &value), BOURSE_OK);
  CHECK_INT(back, 12);
  value = number("9e18");
  CHECK_INT(bourse_decimal_to_int64(&back, &value), BOURSE_OK);
  CHECK_INT(back, 9000000000000000000);
  value = number("0e100");
  CHECK_INT(bourse_decimal_to_int64(&back, &value), BOURSE_OK);
  CHECK_INT(back, 0);
  memset(&value, 0, sizeof value);
  CHECK_INT(bourse_decimal_to_int64(&back, &value), BOURSE_ERROR_ABSENT);
  CHECK_INT(bourse_decimal_to_int64(NULL, &value), BOURSE_ERROR_ARGUMENT);
}

TEST(comparison_is_by_value) {
  static const struct {
    const char *a, *b;
    int order;
  } cases[] = {{"0.10", "0.1", 0},
               {"0", "-0.000", 0},
               {"1", "2", -1},
               {"-1", "-2", 1},
               {"-1", "1", -1},
               {"1e100", "1e-100", 1},
               {"1e-100", "0", 1},
               {"-1e-100", "0", -1},
               {"1e38", "100000000000000000000000000000000000000", 0},
               {"340282366920938463463374607431768211455", "34028236692093846346337460743176821145.4e1", 1},
               {"0.00000000000000000000000000000000000001", "1e-38", 0},
               {"1e62", "340282366920938463463374607431768211455e24", -1},
               {"12e-1", "1.2", 0},
               {"1e39", "340282366920938463463374607431768211455", 1},
               {"1e45", "340282366920938463463374607431768211455", 1},
               {"1e-20", "340282366920938463463374607431768211455e-80", 1},
               {"-1e100", "-340282366920938463463374607431768211455", -1}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bourse_decimal a = number(cases[i].a), b = number(cases[i].b);
    if (bourse_decimal_compare(&a, &b) != cases[i].order || bourse_decimal_compare(&b, &a) != -cases[i].order)
      TEST_FAIL("wrong order: %s %s", cases[i].a, cases[i].b);
  }
}

TEST(absent_is_not_zero) {
  bourse_decimal absent = {0, 0, 0, 0}, zero = number("0"), low = number("-1e100"), out;
  CHECK_INT(bourse_decimal_is_present(&absent), 0);
  CHECK_INT(bourse_decimal_is_present(NULL), 0);
  CHECK_INT(bourse_decimal_is_present(&zero), 1);
  CHECK_INT(bourse_decimal_compare(&absent, &low), -1);
  CHECK_INT(bourse_decimal_compare(&low, &absent), 1);
  CHECK_INT(bourse_decimal_compare(&absent, NULL), 0);
  CHECK_INT(bourse_decimal_sign(&absent), 0);
  CHECK_INT(bourse_decimal_add(&out, &absent, &zero), BOURSE_ERROR_ABSENT);
  CHECK_INT(bourse_decimal_sub(&out, &zero, &absent), BOURSE_ERROR_ABSENT);
  CHECK_INT(bourse_decimal_mul(&out, &absent, &absent), BOURSE_ERROR_ABSENT);
  CHECK_INT(bourse_decimal_div(&out, &absent, &low, 2, BOURSE_ROUND_DOWN), BOURSE_ERROR_ABSENT);
  CHECK_INT(bourse_decimal_round(&out, &absent, 2, BOURSE_ROUND_DOWN), BOURSE_ERROR_ABSENT);
  CHECK_INT(bourse_decimal_round_to_step(&out, &zero, &absent, BOURSE_ROUND_DOWN), BOURSE_ERROR_ABSENT);
  CHECK_INT(bourse_decimal_is_multiple(&absent, &low), 0);
  CHECK_INT(bourse_decimal_is_multiple(&zero, &absent), 0);
  bourse_decimal_trim(&out, &absent);
  CHECK(!bourse_decimal_is_present(&out));
}

TEST(bad_arguments_are_refused) {
  bourse_decimal one = number("1"), zero = number("0"), minus = number("-1"), out;
  CHECK_INT(bourse_decimal_div(&out, &one, &zero, 2, BOURSE_ROUND_DOWN), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_div(&out, &one, &one, 101, BOURSE_ROUND_DOWN), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_div(&out, &one, &one, -101, BOURSE_ROUND_DOWN), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_div(&out, &one, &one, 2, 0), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_div(&out, &one, &one, 2, 7), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_round(&out, &one, 101, 1), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_round(&out, &one, 1, 9), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_round_to_step(&out, &one, &zero, 1), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_round_to_step(&out, &one, &minus, 1), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_round_to_step(&out, &one, &one, 0), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_add(NULL, &one, &one), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_decimal_is_multiple(&one, &minus), 0);
}

TEST(sums_and_products_have_the_digits_of_their_parts) {
  bourse_decimal a = number("1.10"), b = number("2.400"), out;
  CHECK_INT(bourse_decimal_add(&out, &a, &b), BOURSE_OK);
  CHECK_STR(text_of(&out), "3.500");
  CHECK_INT(bourse_decimal_sub(&out, &a, &b), BOURSE_OK);
  CHECK_STR(text_of(&out), "-1.300");
  CHECK_INT(bourse_decimal_mul(&out, &a, &b), BOURSE_OK);
  CHECK_STR(text_of(&out), "2.64000");
  CHECK_INT(bourse_decimal_add(&a, &a, &a), BOURSE_OK); /* out may be an input */
  CHECK_STR(text_of(&a), "2.20");
  CHECK_INT(bourse_decimal_sub(&b, &b, &b), BOURSE_OK);
  CHECK_STR(text_of(&b), "0.000");
}

TEST(long_zeros_do_not_overflow_a_product) {
  bourse_decimal a = number("12345.000000000000000000"), b = number("1000.000000000000000000"), out;
  CHECK_INT(bourse_decimal_mul(&out, &a, &b), BOURSE_OK);
  a = number("12345000");
  CHECK_INT(bourse_decimal_compare(&out, &a), 0);
  a = number("1e90"), b = number("1e50");
  CHECK_INT(bourse_decimal_mul(&out, &a, &b), BOURSE_ERROR_OVERFLOW);
  CHECK(!bourse_decimal_is_present(&out));
  a = number("1e100"), b = number("0.00");
  CHECK_INT(bourse_decimal_add(&out, &a, &b), BOURSE_OK);
  CHECK_INT(bourse_decimal_compare(&out, &a), 0);
  b = number("1");
  CHECK_INT(bourse_decimal_add(&out, &a, &b), BOURSE_ERROR_OVERFLOW);
  a = number("1e39"), b = number("0");
  CHECK_INT(bourse_decimal_add(&out, &b, &a), BOURSE_OK);
  CHECK_INT(bourse_decimal_compare(&out, &a), 0);
  b = number("10");
  CHECK_INT(bourse_decimal_add(&out, &a, &b), BOURSE_OK);
  CHECK_STR(text_of(&out), "1000000000000000000000000000000000000010");
  a = number("4e38"), b = number("100000000000000000000000000000000000001"); /* over 128 bits on the way */
  CHECK_INT(bourse_decimal_sub(&out, &a, &b), BOURSE_OK);
  CHECK_STR(text_of(&out), "299999999999999999999999999999999999999");
  a = number("340282366920938463463374607431768211455"); /* over 256 bits on the way */
  CHECK_INT(bourse_decimal_div(&out, &a, &a, 60, BOURSE_ROUND_DOWN), BOURSE_ERROR_OVERFLOW);
  a = number("1e50"), b = number("1e20");
  CHECK_INT(bourse_decimal_add(&out, &a, &b), BOURSE_OK);
  CHECK_STR(text_of(&out), "100000000000000000000000000000100000000000000000000");
}

static int32_t apply(bourse_decimal *out, size_t i) {
  bourse_decimal a = number(decimal_vectors[i].a), b = {0, 0, 0, 0};
  int32_t decimals = decimal_vectors[i].decimals, rounding = decimal_vectors[i].rounding;
  if (decimal_vectors[i].b[0] != '\0') b = number(decimal_vectors[i].b);
  switch (decimal_vectors[i].op) {
    case '+': return bourse_decimal_add(out, &a, &b);
    case '-': return bourse_decimal_sub(out, &a, &b);
    case '*': return bourse_decimal_mul(out, &a, &b);
    case '/': return bourse_decimal_div(out, &a, &b, decimals, rounding);
    default: return bourse_decimal_round(out, &a, decimals, rounding);
  }
}

TEST(another_implementation_agrees) {
  for (size_t i = 0; i < sizeof decimal_vectors / sizeof decimal_vectors[0]; i++) {
    bourse_decimal out, expected;
    int32_t code = apply(&out, i), overflow = strcmp(decimal_vectors[i].result, "overflow") == 0;
    if (!overflow) expected = number(decimal_vectors[i].result);
    if (overflow ? code != BOURSE_ERROR_OVERFLOW : code != BOURSE_OK || bourse_decimal_compare(&out, &expected) != 0)
      TEST_FAIL("%s %c %s (%d, %d) is %s (%d), expected %s", decimal_vectors[i].a, decimal_vectors[i].op,
                decimal_vectors[i].b, decimal_vectors[i].decimals, decimal_vectors[i].rounding,
                code == BOURSE_OK ? text_of(&out) : "", (int)code, decimal_vectors[i].result);
  }
}

TEST(division_and_rounding_write_the_digits_asked_for) {
  bourse_decimal a = number("10"), b = number("4"), out;
  CHECK_INT(bourse_decimal_div(&out, &a, &b, 3, BOURSE_ROUND_DOWN), BOURSE_OK);
  CHECK_STR(text_of(&out), "2.500");
  CHECK_INT(bourse_decimal_round(&out, &a, 2, BOURSE_ROUND_DOWN), BOURSE_OK);
  CHECK_STR(text_of(&out), "10.00");
  a = number("12345.678");
  CHECK_INT(bourse_decimal_round(&out, &a, -2, BOURSE_ROUND_UP), BOURSE_OK);
  CHECK_STR(text_of(&out), "12400");
  a = number("1e100");
  CHECK_INT(bourse_decimal_round(&out, &a, 100, BOURSE_ROUND_DOWN), BOURSE_OK); /* as many zeros as fit */
  CHECK_INT(bourse_decimal_compare(&out, &a), 0);
  a = number("1e-100");
  CHECK_INT(bourse_decimal_round(&out, &a, -100, BOURSE_ROUND_UP), BOURSE_OK);
  b = number("1e100");
  CHECK_INT(bourse_decimal_compare(&out, &b), 0);
}

TEST(steps) {
  static const struct {
    const char *value, *step;
    int rounding;
    const char *expected;
    int multiple;
  } cases[] = {{"17.37", "0.05", BOURSE_ROUND_DOWN, "17.35", 0},
               {"17.37", "0.05", BOURSE_ROUND_UP, "17.40", 0},
               {"17.35", "0.05", BOURSE_ROUND_UP, "17.35", 1},
               {"-17.37", "0.05", BOURSE_ROUND_DOWN, "-17.35", 0},
               {"-17.37", "0.05", BOURSE_ROUND_FLOOR, "-17.40", 0},
               {"1.234", "0.01000000", BOURSE_ROUND_DOWN, "1.23000000", 0},
               {"123", "10", BOURSE_ROUND_HALF_EVEN, "120", 0},
               {"125", "10", BOURSE_ROUND_HALF_EVEN, "120", 0},
               {"135", "10", BOURSE_ROUND_HALF_EVEN, "140", 0},
               {"125", "10", BOURSE_ROUND_HALF_UP, "130", 0},
               {"0", "0.1", BOURSE_ROUND_UP, "0.0", 1},
               {"1e-50", "1e20", BOURSE_ROUND_UP, "100000000000000000000", 0},
               {"1e60", "1e-3", BOURSE_ROUND_DOWN, NULL, 1},
               {"7", "3", BOURSE_ROUND_HALF_UP, "6", 0},
               {"1e30", "3", BOURSE_ROUND_DOWN, "999999999999999999999999999999", 0},
               {"3e60", "3", BOURSE_ROUND_DOWN, NULL, 1},
               {"1e60", "7", BOURSE_ROUND_DOWN, NULL, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bourse_decimal value = number(cases[i].value), step = number(cases[i].step), out;
    int32_t code = bourse_decimal_round_to_step(&out, &value, &step, cases[i].rounding);
    if (cases[i].expected != NULL) {
      CHECK_INT(code, BOURSE_OK);
      CHECK_STR(text_of(&out), cases[i].expected);
    } else {
      CHECK_INT(code, BOURSE_ERROR_OVERFLOW);
    }
    if (bourse_decimal_is_multiple(&value, &step) != cases[i].multiple)
      TEST_FAIL("is_multiple(%s, %s)", cases[i].value, cases[i].step);
  }
}

TEST(multiples_far_apart) {
  static const struct {
    const char *value, *step;
    int multiple;
  } cases[] = {
      {"1e20", "1048576", 1}, {"1e19", "1048576", 0}, {"1e40", "1099511627776", 1}, {"1e39", "1099511627776", 0},
      {"1e100", "7e-100", 0}, {"7e100", "7e-100", 1}, {"7e-100", "7e100", 0},       {"0", "1e100", 1},
      {"1e-40", "1e-1", 0},   {"30", "1e1", 1},       {"300e-2", "1", 1},           {"301e-2", "1", 0}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bourse_decimal value = number(cases[i].value), step = number(cases[i].step);
    if (bourse_decimal_is_multiple(&value, &step) != cases[i].multiple)
      TEST_FAIL("is_multiple(%s, %s)", cases[i].value, cases[i].step);
  }
}

TEST(trim) {
  static const char *const pairs[][2] = {{"1.500", "1.5"},  {"100", "100"},  {"100.00", "100"}, {"0.00", "0"},
                                         {"-0.10", "-0.1"}, {"1e3", "1000"}, {"0.001", "0.001"}};
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    bourse_decimal value = number(pairs[i][0]);
    bourse_decimal_trim(&value, &value);
    CHECK_STR(text_of(&value), pairs[i][1]);
  }
}

/* Arithmetic by hand: numbers as rows of digits, lowest first, in units of 10^-POINT. */
enum { PLACES = 480, POINT = 120 };

typedef struct row {
  int8_t digit[PLACES];
} row;

static row row_of(const char *text, int shift) {
  row out;
  memset(&out, 0, sizeof out);
  if (*text == '-') text++;
  const char *point = strchr(text, '.');
  size_t whole = point == NULL ? strlen(text) : (size_t)(point - text);
  for (size_t i = 0, place = 0; text[i] != '\0'; i++) {
    if (text[i] == '.') continue;
    long at = (long)whole - 1 - (long)place++ + POINT + shift;
    if (at >= 0 && at < PLACES) out.digit[at] = (int8_t)(text[i] - '0');
  }
  return out;
}

static int row_compare(const row *a, const row *b) {
  for (int i = PLACES - 1; i >= 0; i--)
    if (a->digit[i] != b->digit[i]) return a->digit[i] < b->digit[i] ? -1 : 1;
  return 0;
}

static row row_add(const row *a, const row *b) {
  row out;
  for (int i = 0, carry = 0; i < PLACES; i++, carry /= 10) {
    carry += a->digit[i] + b->digit[i];
    out.digit[i] = (int8_t)(carry % 10);
  }
  return out;
}

static row row_sub(const row *a, const row *b) {
  row out;
  for (int i = 0, borrow = 0; i < PLACES; i++) {
    int d = a->digit[i] - b->digit[i] - borrow;
    borrow = d < 0;
    out.digit[i] = (int8_t)(d + 10 * borrow);
  }
  return out;
}

/* In units of 10^-(2 * POINT). */
static row row_mul(const row *a, const row *b) {
  int sums[PLACES];
  row out;
  memset(sums, 0, sizeof sums);
  for (int i = 0; i < PLACES; i++)
    for (int j = 0; a->digit[i] != 0 && j < PLACES - i; j++) sums[i + j] += a->digit[i] * b->digit[j];
  for (int i = 0, carry = 0; i < PLACES; i++, carry /= 10) {
    carry += sums[i];
    out.digit[i] = (int8_t)(carry % 10);
  }
  return out;
}

static uint64_t random_state = 88172645463325252u;

static uint32_t random_below(uint32_t limit) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (uint32_t)(random_state >> 32) % limit;
}

/* Plain text with a point, at most 38 digits. */
static void random_text(char out[64]) {
  uint32_t digits = 1 + random_below(38), decimals = random_below(digits + 1);
  char *p = out;
  if (random_below(2)) *p++ = '-';
  for (uint32_t i = 0; i < digits; i++) {
    if (i == digits - decimals) {
      if (i == 0) *p++ = '0';
      *p++ = '.';
    }
    *p++ = (char)('0' + (random_below(3) == 0 ? 0 : random_below(10)));
  }
  *p = '\0';
}

TEST(sums_agree_with_arithmetic_by_hand) {
  for (int i = 0; i < 3000; i++) {
    char a_text[64], b_text[64];
    random_text(a_text);
    random_text(b_text);
    bourse_decimal a = number(a_text), b = number(b_text), out;
    row x = row_of(a_text, 0), y = row_of(b_text, 0);
    int order = row_compare(&x, &y);
    int a_sign = bourse_decimal_sign(&a) < 0 ? -1 : 1, b_sign = bourse_decimal_sign(&b) < 0 ? -1 : 1;
    row expected = a_sign == b_sign ? row_add(&x, &y) : order >= 0 ? row_sub(&x, &y) : row_sub(&y, &x);
    if (bourse_decimal_add(&out, &a, &b) != BOURSE_OK) continue;
    row actual = row_of(text_of(&out), 0);
    if (row_compare(&actual, &expected) != 0) TEST_FAIL("%s + %s is %s", a_text, b_text, text_of(&out));
    int negative = a_sign == b_sign ? a_sign < 0 : order > 0 ? a_sign < 0 : order < 0 && b_sign < 0;
    row zero = row_of("0", 0);
    if (row_compare(&expected, &zero) != 0) CHECK_INT(bourse_decimal_sign(&out), negative ? -1 : 1);
    bourse_decimal_sub(&out, &a, &b);
    CHECK_INT(bourse_decimal_compare(&a, &b), bourse_decimal_sign(&out));
    CHECK_INT(bourse_decimal_compare(&a, &b), a_sign == b_sign ? order * a_sign
                                              : row_compare(&x, &zero) == 0 && row_compare(&y, &zero) == 0 ? 0
                                                                                                           : a_sign);
  }
}

TEST(products_agree_with_arithmetic_by_hand) {
  int fitted = 0;
  for (int i = 0; i < 1500; i++) {
    char a_text[64], b_text[64];
    random_text(a_text);
    random_text(b_text);
    bourse_decimal a = number(a_text), b = number(b_text), out;
    if (bourse_decimal_mul(&out, &a, &b) != BOURSE_OK) continue;
    fitted++;
    row x = row_of(a_text, 0), y = row_of(b_text, 0), expected = row_mul(&x, &y), actual = row_of(text_of(&out), POINT);
    if (row_compare(&actual, &expected) != 0) TEST_FAIL("%s * %s is %s", a_text, b_text, text_of(&out));
  }
  CHECK(fitted > 300);
}

/* Cut towards zero, q is the quotient when |q| * |b| <= |a| < (|q| + unit) * |b|. */
TEST(quotients_agree_with_arithmetic_by_hand) {
  int checked = 0;
  for (int i = 0; i < 1500; i++) {
    char a_text[64], b_text[64], unit_text[64] = "1";
    int32_t decimals = (int32_t)random_below(30);
    random_text(a_text);
    random_text(b_text);
    bourse_decimal a = number(a_text), b = number(b_text), q;
    if (bourse_decimal_div(&q, &a, &b, decimals, BOURSE_ROUND_DOWN) != BOURSE_OK) continue;
    checked++;
    if (decimals > 0) {
      snprintf(unit_text, sizeof unit_text, "0.%0*d", (int)decimals, 1);
    }
    row x = row_of(a_text, POINT), y = row_of(b_text, 0), z = row_of(text_of(&q), 0), unit = row_of(unit_text, 0);
    row next = row_add(&z, &unit), low = row_mul(&z, &y), high = row_mul(&next, &y);
    if (row_compare(&low, &x) > 0 || row_compare(&x, &high) >= 0)
      TEST_FAIL("%s / %s is %s (%d)", a_text, b_text, text_of(&q), (int)decimals);
  }
  CHECK(checked > 500);
}

TEST_MAIN()
