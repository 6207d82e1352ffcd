/* fuzz_decimal.c - a decimal's text and arithmetic, held to laws that must hold for every input. The input is
 * "text,text,digit,digit": two numbers, and from the last bytes the decimals and the rounding.
 *
 * Build: clang -fsanitize=fuzzer,address,undefined -Iinclude -Ilib tests/fuzz/fuzz_decimal.c lib/core/[a-z]*.c, or with
 * tests/fuzz/replay.c in place of -fsanitize=fuzzer. */
#include <bourse/decimal.h>
#include <bourse/error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(condition_)                                                      \
  do {                                                                           \
    if (!(condition_)) {                                                         \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition_); \
      abort();                                                                   \
    }                                                                            \
  } while (0)

static int same(const bourse_decimal *a, const bourse_decimal *b) {
  return a->low == b->low && a->high == b->high && a->exponent == b->exponent && a->flags == b->flags;
}

/* Text to number to text to number is one number, and the text is one that the grammar allows. */
static void check_text(const bourse_decimal *value) {
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal again;
  int32_t length = bourse_decimal_format(text, sizeof text, value);
  REQUIRE(length > 0 && (size_t)length == strlen(text));
  REQUIRE(strspn(text, "-0123456789.") == (size_t)length);
  REQUIRE(bourse_decimal_parse(&again, text, SIZE_MAX) == BOURSE_OK);
  REQUIRE(bourse_decimal_compare(&again, value) == 0);
  if (value->exponent <= 0) REQUIRE(same(&again, value));
  REQUIRE(bourse_decimal_format(text, (size_t)length, value) == BOURSE_ERROR_ARGUMENT);
}

static void check_pair(const bourse_decimal *a, const bourse_decimal *b) {
  bourse_decimal sum, swapped, back, product;
  int32_t order = bourse_decimal_compare(a, b);
  REQUIRE(bourse_decimal_compare(b, a) == -order);
  int32_t code = bourse_decimal_add(&sum, a, b);
  REQUIRE(code == BOURSE_OK || code == BOURSE_ERROR_OVERFLOW);
  REQUIRE(bourse_decimal_add(&swapped, b, a) == code);
  if (code == BOURSE_OK) {
    REQUIRE(same(&sum, &swapped));
    if (bourse_decimal_sub(&back, &sum, b) == BOURSE_OK) REQUIRE(bourse_decimal_compare(&back, a) == 0);
    REQUIRE(bourse_decimal_compare(&sum, a) == bourse_decimal_sign(b));
    check_text(&sum);
  } else {
    REQUIRE(!bourse_decimal_is_present(&sum));
  }
  if (bourse_decimal_sub(&back, a, b) == BOURSE_OK) REQUIRE(bourse_decimal_sign(&back) == order);
  if (bourse_decimal_mul(&product, a, b) == BOURSE_OK) {
    REQUIRE(bourse_decimal_sign(&product) == bourse_decimal_sign(a) * bourse_decimal_sign(b));
    if (bourse_decimal_sign(b) > 0 && a->exponent >= 0) REQUIRE(bourse_decimal_is_multiple(&product, b));
    if (bourse_decimal_sign(b) != 0 && a->exponent >= -100 && a->exponent <= 100 &&
        bourse_decimal_div(&back, &product, b, -a->exponent, BOURSE_ROUND_DOWN) == BOURSE_OK)
      REQUIRE(bourse_decimal_compare(&back, a) == 0);
  }
}

/* |rounded - value| is below one unit, within half a unit for the half roundings, and on the right side. */
static void check_distance(const bourse_decimal *rounded, const bourse_decimal *value, const bourse_decimal *unit,
                           int32_t rounding) {
  bourse_decimal distance, twice, two;
  if (bourse_decimal_sub(&distance, rounded, value) != BOURSE_OK) return;
  int32_t side = bourse_decimal_sign(&distance), sign = bourse_decimal_sign(value);
  if (rounding == BOURSE_ROUND_DOWN) REQUIRE(side * sign <= 0);
  if (rounding == BOURSE_ROUND_UP) REQUIRE(side * sign >= 0);
  if (rounding == BOURSE_ROUND_FLOOR) REQUIRE(side <= 0);
  if (rounding == BOURSE_ROUND_CEILING) REQUIRE(side >= 0);
  distance.flags &= ~BOURSE_DECIMAL_NEGATIVE;
  REQUIRE(bourse_decimal_compare(&distance, unit) < 0);
  bourse_decimal_from_int64(&two, 2);
  if (rounding >= BOURSE_ROUND_HALF_UP && bourse_decimal_mul(&twice, &distance, &two) == BOURSE_OK)
    REQUIRE(bourse_decimal_compare(&twice, unit) <= 0);
}

static void check_rounding(const bourse_decimal *value, const bourse_decimal *step, int32_t decimals,
                           int32_t rounding) {
  bourse_decimal rounded, unit = {1, 0, -decimals, BOURSE_DECIMAL_PRESENT};
  if (bourse_decimal_round(&rounded, value, decimals, rounding) == BOURSE_OK) {
    REQUIRE(bourse_decimal_is_multiple(&rounded, &unit));
    check_distance(&rounded, value, &unit, rounding);
    check_text(&rounded);
  }
  if (bourse_decimal_sign(step) > 0) {
    if (bourse_decimal_round_to_step(&rounded, value, step, rounding) == BOURSE_OK) {
      REQUIRE(bourse_decimal_is_multiple(&rounded, step));
      check_distance(&rounded, value, step, rounding);
      if (bourse_decimal_is_multiple(value, step)) REQUIRE(bourse_decimal_compare(&rounded, value) == 0);
    }
  } else {
    REQUIRE(bourse_decimal_round_to_step(&rounded, value, step, rounding) == BOURSE_ERROR_ARGUMENT);
  }
}

static void check_one(const bourse_decimal *value) {
  bourse_decimal trimmed;
  int64_t integer;
  check_text(value);
  bourse_decimal_trim(&trimmed, value);
  REQUIRE(bourse_decimal_compare(&trimmed, value) == 0);
  REQUIRE(trimmed.exponent >= 0 || trimmed.low % 10 != 0 || trimmed.high != 0);
  if (bourse_decimal_to_int64(&integer, value) == BOURSE_OK) {
    bourse_decimal_from_int64(&trimmed, integer);
    REQUIRE(bourse_decimal_compare(&trimmed, value) == 0);
  }
}

/* The number's text ends at the comma; what is no number must be refused whole. */
static int take_number(bourse_decimal *out, const char **cursor, const char *end) {
  const char *comma = memchr(*cursor, ',', (size_t)(end - *cursor));
  const char *stop = comma == NULL ? end : comma;
  size_t length = (size_t)(stop - *cursor);
  char *exact = malloc(length == 0 ? 1 : length);
  memcpy(exact, *cursor, length);
  int32_t code = bourse_decimal_parse(out, exact, length);
  free(exact);
  *cursor = comma == NULL ? end : comma + 1;
  if (code == BOURSE_OK) return 1;
  REQUIRE(code == BOURSE_ERROR_ARGUMENT || code == BOURSE_ERROR_OVERFLOW);
  REQUIRE(!bourse_decimal_is_present(out));
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  bourse_decimal a, b;
  const char *cursor = (const char *)data, *end = cursor + size;
  if (size < 2 || size > 4096) return 0;
  int32_t decimals = (int32_t)(int8_t)data[size - 1], rounding = data[size - 2] % 8;
  if (!take_number(&a, &cursor, end)) return 0;
  check_one(&a);
  if (!take_number(&b, &cursor, end)) return 0;
  check_one(&b);
  check_pair(&a, &b);
  if (rounding >= BOURSE_ROUND_DOWN && rounding <= BOURSE_ROUND_HALF_EVEN && decimals >= -100 && decimals <= 100)
    check_rounding(&a, &b, decimals, rounding);
  else
    REQUIRE(bourse_decimal_round(&b, &a, decimals, rounding) == BOURSE_ERROR_ARGUMENT);
  return 0;
}
