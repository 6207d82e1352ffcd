#include "core/decimal.h"

#include <bourse/error.h>
#include <string.h>

#include "core/wide.h"

#define EXPONENT_SATURATED 100000000 /* a written exponent this far out is out of range whatever the digits are */

static u128 coefficient(const bourse_decimal *value) { return u128_of(value->high, value->low); }

/* A struct with an exponent out of range was not made here and holds no number. */
static int32_t is_present(const bourse_decimal *value) {
  return value != NULL && (value->flags & BOURSE_DECIMAL_PRESENT) != 0 &&
         value->exponent >= BOURSE_DECIMAL_EXPONENT_MIN && value->exponent <= BOURSE_DECIMAL_EXPONENT_MAX;
}

static int32_t is_negative(const bourse_decimal *value) { return (value->flags & BOURSE_DECIMAL_NEGATIVE) != 0; }

static int32_t fail(bourse_decimal *out, int32_t code) {
  if (out != NULL) memset(out, 0, sizeof *out);
  return code;
}

/* There is no negative zero. */
static int32_t set(bourse_decimal *out, u128 magnitude, int32_t exponent, int32_t negative) {
  out->low = u128_low(magnitude);
  out->high = u128_high(magnitude);
  out->exponent = exponent;
  out->flags = BOURSE_DECIMAL_PRESENT | (negative && !u128_is_zero(magnitude) ? BOURSE_DECIMAL_NEGATIVE : 0);
  return BOURSE_OK;
}

static u128 times_ten(u128 value) { return u128_multiply(value, u128_from(10)); }

static int32_t has_room(u128 value) { return !u128_less(u128_divide(u128_max(), u128_from(10)), value); }

static int32_t ends_in_zero(u128 value) { return u128_is_zero(u128_rest(value, u128_from(10))); }

/* Sets magnitude * 10^exponent. When that does not fit as it stands, trailing zeros are dropped or added: the value is
 * kept or refused, never changed. */
static int32_t fit(bourse_decimal *out, wide magnitude, int64_t exponent, int32_t negative) {
  if (wide_is_zero(magnitude)) {
    if (exponent > 0) exponent = 0;
    if (exponent < BOURSE_DECIMAL_EXPONENT_MIN) exponent = BOURSE_DECIMAL_EXPONENT_MIN;
    return set(out, u128_from(0), (int32_t)exponent, 0);
  }
  while (!u128_is_zero(magnitude.high) || exponent < BOURSE_DECIMAL_EXPONENT_MIN) {
    u128 digit;
    magnitude = wide_divide(magnitude, u128_from(10), &digit);
    if (!u128_is_zero(digit)) return fail(out, BOURSE_ERROR_OVERFLOW);
    exponent++;
  }
  while (exponent > BOURSE_DECIMAL_EXPONENT_MAX) {
    if (!has_room(magnitude.low)) return fail(out, BOURSE_ERROR_OVERFLOW);
    magnitude.low = times_ten(magnitude.low);
    exponent--;
  }
  return set(out, magnitude.low, (int32_t)exponent, negative);
}

/* The parts of a number's text. */
typedef struct number_text {
  const char *whole;
  const char *whole_end;
  const char *fraction;
  const char *fraction_end;
  int64_t exponent;
  int32_t negative;
} number_text;

static const char *pass_digits(const char *p, const char *end) {
  while (p < end && (uint8_t)(*p - '0') <= 9) p++;
  return p;
}

static int32_t split(number_text *parts, const char *p, const char *end) {
  memset(parts, 0, sizeof *parts);
  if (p < end && (*p == '-' || *p == '+')) parts->negative = *p++ == '-';
  parts->whole = p;
  parts->whole_end = p = pass_digits(p, end);
  parts->fraction = parts->fraction_end = p;
  if (p < end && *p == '.') {
    parts->fraction = ++p;
    parts->fraction_end = p = pass_digits(p, end);
  }
  if (parts->whole == parts->whole_end && parts->fraction == parts->fraction_end) return 0;
  if (p < end && (*p == 'e' || *p == 'E')) {
    int32_t negative = 0;
    if (++p < end && (*p == '-' || *p == '+')) negative = *p++ == '-';
    const char *begin = p;
    for (; p < end && (uint8_t)(*p - '0') <= 9; p++)
      if (parts->exponent < EXPONENT_SATURATED) parts->exponent = parts->exponent * 10 + (*p - '0');
    if (p == begin) return 0;
    if (negative) parts->exponent = -parts->exponent;
  }
  return p == end;
}

/* Digits are taken while they fit; zeros are held back until a digit that is none follows, so that trailing ones can be
 * left out when there is no room for them. */
typedef struct accumulator {
  u128 value;
  int64_t held_zeros;
} accumulator;

static int32_t take_digits(accumulator *a, const char *p, const char *end) {
  for (; p < end; p++) {
    if (*p == '0') {
      a->held_zeros++;
      continue;
    }
    u128 digit = u128_from((uint64_t)(*p - '0'));
    if (!u128_is_zero(a->value)) {
      if (a->held_zeros >= POW10_MAX) return 0;
      u128 power = pow10_128((int32_t)a->held_zeros + 1);
      if (u128_less(u128_divide(u128_subtract(u128_max(), digit), power), a->value)) return 0;
      a->value = u128_multiply(a->value, power);
    }
    a->value = u128_add(a->value, digit);
    a->held_zeros = 0;
  }
  return 1;
}

static int32_t scan_any(bourse_decimal *out, const char *text, size_t length) {
  number_text parts;
  accumulator a = {u128_from(0), 0};
  if (!split(&parts, text, text + length)) return fail(out, BOURSE_ERROR_ARGUMENT);
  if (!take_digits(&a, parts.whole, parts.whole_end) || !take_digits(&a, parts.fraction, parts.fraction_end))
    return fail(out, BOURSE_ERROR_OVERFLOW);
  int64_t exponent = parts.exponent - (parts.fraction_end - parts.fraction);
  for (; a.held_zeros > 0 && has_room(a.value) && !u128_is_zero(a.value); a.held_zeros--) a.value = times_ten(a.value);
  if (!u128_is_zero(a.value)) exponent += a.held_zeros;
  return fit(out, wide_from(a.value), exponent, parts.negative);
}

/* Eight characters, the first in the lowest byte. */
static uint64_t load_characters(const char *p) {
  uint64_t word = 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  memcpy(&word, p, 8);
#else
  for (int32_t i = 7; i >= 0; i--) word = word << 8 | (uint8_t)p[i];
#endif
  return word;
}

static int32_t is_eight_digits(uint64_t word) {
  const uint64_t ones = ~UINT64_C(0) / 255;
  uint64_t high_halves = word & (ones * 0xF0), above_nine = (word + ones * 6) & (ones * 0xF0);
  return high_halves == ones * 0x30 && above_nine == ones * 0x30;
}

/* Neighbours are joined: digits to pairs, pairs to fours, fours to eight. */
static uint64_t eight_digits(uint64_t word) {
  word -= ~UINT64_C(0) / 255 * '0';
  word = (word * 10 + (word >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
  word = (word * 100 + (word >> 16)) & UINT64_C(0x0000FFFF0000FFFF);
  return (word * 10000 + (word >> 32)) & UINT64_C(0xFFFFFFFF);
}

/* Takes digits into *value, eight at a time while there are eight. */
static const char *take_short(uint64_t *value, const char *p, const char *end) {
  for (; end - p >= 8; p += 8) {
    uint64_t word = load_characters(p);
    if (!is_eight_digits(word)) break;
    *value = *value * 100000000u + eight_digits(word);
  }
  for (; p < end && (uint8_t)(*p - '0') <= 9; p++) *value = *value * 10 + (uint64_t)(*p - '0');
  return p;
}

/* Up to 19 digits fit in 64 bits without a check, and without exponent there is nothing else to check either. */
int32_t bourse__decimal_scan(bourse_decimal *out, const char *text, size_t length) {
  const char *p = text, *end = text + length;
  uint64_t value = 0;
  if (length > 20) return scan_any(out, text, length);
  int32_t negative = p < end && *p == '-';
  p += negative;
  const char *begin = p;
  p = take_short(&value, p, end);
  int32_t digit_count = (int32_t)(p - begin), decimals = 0;
  if (p < end && *p == '.') {
    begin = ++p;
    p = take_short(&value, p, end);
    decimals = (int32_t)(p - begin);
    digit_count += decimals;
  }
  if (p != end || digit_count == 0 || digit_count > 19) return scan_any(out, text, length);
  return set(out, u128_from(value), -decimals, negative);
}

int32_t bourse_decimal_parse(bourse_decimal *out, const char *text, size_t length) {
  if (out == NULL || text == NULL) return fail(out, BOURSE_ERROR_ARGUMENT);
  return bourse__decimal_scan(out, text, length == SIZE_MAX ? strlen(text) : length);
}

/* The digits of the coefficient, most significant first; returns how many. */
static int32_t coefficient_digits(char digits[40], u128 value) {
  char reversed[40];
  int32_t count = 0;
  while (u128_high(value) != 0) {
    uint64_t chunk = u128_low(u128_rest(value, u128_from(pow10_64[19])));
    value = u128_divide(value, u128_from(pow10_64[19]));
    for (int32_t i = 0; i < 19; i++, chunk /= 10) reversed[count++] = (char)('0' + chunk % 10);
  }
  uint64_t rest = u128_low(value);
  do reversed[count++] = (char)('0' + rest % 10);
  while ((rest /= 10) != 0);
  for (int32_t i = 0; i < count; i++) digits[i] = reversed[count - 1 - i];
  return count;
}

int32_t bourse_decimal_format(char *out, size_t out_size, const bourse_decimal *value) {
  char digits[40], text[BOURSE_DECIMAL_TEXT_SIZE];
  size_t n = 0;
  if (out == NULL || out_size == 0) return BOURSE_ERROR_ARGUMENT;
  out[0] = '\0';
  if (!is_present(value)) return 0;
  int32_t exponent = value->exponent;
  int32_t count = coefficient_digits(digits, coefficient(value));
  int32_t is_zero = value->low == 0 && value->high == 0;
  if (is_negative(value) && !is_zero) text[n++] = '-';
  int32_t whole = count + exponent; /* digits before the point */
  if (whole <= 0) {
    text[n++] = '0';
    text[n++] = '.';
    for (; whole < 0; whole++) text[n++] = '0';
    memcpy(text + n, digits, (size_t)count);
    n += (size_t)count;
  } else if (exponent < 0) {
    memcpy(text + n, digits, (size_t)whole);
    n += (size_t)whole;
    text[n++] = '.';
    memcpy(text + n, digits + whole, (size_t)(count - whole));
    n += (size_t)(count - whole);
  } else {
    memcpy(text + n, digits, (size_t)count);
    n += (size_t)count;
    for (; exponent > 0 && !is_zero; exponent--) text[n++] = '0';
  }
  if (n >= out_size) return BOURSE_ERROR_ARGUMENT;
  memcpy(out, text, n);
  out[n] = '\0';
  return (int32_t)n;
}

void bourse_decimal_from_int64(bourse_decimal *out, int64_t value) {
  set(out, u128_from(value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value), 0, value < 0);
}

int32_t bourse_decimal_to_int64(int64_t *out, const bourse_decimal *value) {
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  if (!is_present(value)) return BOURSE_ERROR_ABSENT;
  u128 magnitude = coefficient(value);
  int32_t exponent = value->exponent;
  for (; exponent < 0 && !u128_is_zero(magnitude); exponent++, magnitude = u128_divide(magnitude, u128_from(10)))
    if (!ends_in_zero(magnitude)) return BOURSE_ERROR_OVERFLOW;
  wide scaled = wide_from(magnitude);
  if (exponent > POW10_MAX && !u128_is_zero(magnitude)) return BOURSE_ERROR_OVERFLOW;
  if (exponent > 0 && !wide_scale(&scaled, exponent)) return BOURSE_ERROR_OVERFLOW;
  uint64_t limit = (uint64_t)INT64_MAX + (is_negative(value) ? 1 : 0), bits = u128_low(scaled.low);
  if (!u128_is_zero(scaled.high) || u128_high(scaled.low) != 0 || bits > limit) return BOURSE_ERROR_OVERFLOW;
  *out = is_negative(value) ? -(int64_t)(bits - (bits != 0)) - (bits != 0) : (int64_t)bits;
  return BOURSE_OK;
}

int32_t bourse_decimal_is_present(const bourse_decimal *value) { return is_present(value); }

int32_t bourse_decimal_sign(const bourse_decimal *value) {
  if (!is_present(value) || (value->low == 0 && value->high == 0)) return 0;
  return is_negative(value) ? -1 : 1;
}

/* Compares magnitudes, neither of them zero. */
static int32_t compare_magnitudes(const bourse_decimal *a, const bourse_decimal *b) {
  u128 x = coefficient(a), y = coefficient(b);
  int32_t shift = a->exponent - b->exponent;
  if (shift == 0) return wide_compare(wide_from(x), wide_from(y));
  if (shift > POW10_MAX) return 1; /* 10^39 is over 2^128 */
  if (shift < -POW10_MAX) return -1;
  if (shift > 0) return wide_compare(wide_multiply(x, pow10_128(shift)), wide_from(y));
  return wide_compare(wide_from(x), wide_multiply(y, pow10_128(-shift)));
}

void bourse_decimal_negate(bourse_decimal *value) {
  if (bourse_decimal_sign(value) != 0) value->flags ^= BOURSE_DECIMAL_NEGATIVE;
}

void bourse_decimal_absolute(bourse_decimal *value) { value->flags &= ~BOURSE_DECIMAL_NEGATIVE; }

int32_t bourse_decimal_compare(const bourse_decimal *a, const bourse_decimal *b) {
  int32_t a_present = is_present(a), b_present = is_present(b);
  if (!a_present || !b_present) return a_present - b_present;
  int32_t a_sign = bourse_decimal_sign(a), b_sign = bourse_decimal_sign(b);
  if (a_sign != b_sign) return a_sign < b_sign ? -1 : 1;
  if (a_sign == 0) return 0;
  return a_sign * compare_magnitudes(a, b);
}

/* Drops trailing zeros while the exponent is below `limit`; a zero takes the limit at once. */
static void raise_exponent(u128 *magnitude, int32_t *exponent, int32_t limit) {
  if (u128_is_zero(*magnitude)) *exponent = limit;
  while (*exponent < limit && ends_in_zero(*magnitude))
    *magnitude = u128_divide(*magnitude, u128_from(10)), (*exponent)++;
}

static int32_t add_signed(bourse_decimal *out, const bourse_decimal *a, const bourse_decimal *b, int32_t b_negative) {
  int32_t a_negative = is_negative(a);
  u128 x = coefficient(a), y = coefficient(b);
  int32_t x_exponent = a->exponent, y_exponent = b->exponent;
  if (x_exponent < y_exponent) { /* x is the one with the larger exponent */
    u128 magnitude = x;
    int32_t exponent = x_exponent, negative = a_negative;
    x = y, x_exponent = y_exponent, a_negative = b_negative;
    y = magnitude, y_exponent = exponent, b_negative = negative;
  }
  if (u128_is_zero(x)) return fit(out, wide_from(y), y_exponent, b_negative);
  if (x_exponent - y_exponent > POW10_MAX) raise_exponent(&y, &y_exponent, x_exponent);
  if (x_exponent - y_exponent > POW10_MAX) return fail(out, BOURSE_ERROR_OVERFLOW);
  wide wide_x = wide_multiply(x, pow10_128(x_exponent - y_exponent)), wide_y = wide_from(y);
  if (a_negative == b_negative) return fit(out, wide_add(wide_x, wide_y), y_exponent, a_negative);
  if (wide_compare(wide_x, wide_y) >= 0) return fit(out, wide_subtract(wide_x, wide_y), y_exponent, a_negative);
  return fit(out, wide_subtract(wide_y, wide_x), y_exponent, b_negative);
}

int32_t bourse_decimal_add(bourse_decimal *out, const bourse_decimal *a, const bourse_decimal *b) {
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  if (!is_present(a) || !is_present(b)) return fail(out, BOURSE_ERROR_ABSENT);
  return add_signed(out, a, b, is_negative(b));
}

int32_t bourse_decimal_sub(bourse_decimal *out, const bourse_decimal *a, const bourse_decimal *b) {
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  if (!is_present(a) || !is_present(b)) return fail(out, BOURSE_ERROR_ABSENT);
  return add_signed(out, a, b, !is_negative(b));
}

int32_t bourse_decimal_mul(bourse_decimal *out, const bourse_decimal *a, const bourse_decimal *b) {
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  if (!is_present(a) || !is_present(b)) return fail(out, BOURSE_ERROR_ABSENT);
  return fit(out, wide_multiply(coefficient(a), coefficient(b)), (int64_t)a->exponent + b->exponent,
             is_negative(a) != is_negative(b));
}

/* Whether a quotient cut towards zero is to grow by one. `half` is how the remainder compares with half the divisor. */
static int32_t rounds_away(int32_t rounding, int32_t negative, int32_t odd, int32_t exact, int32_t half) {
  if (exact) return 0;
  switch (rounding) {
    case BOURSE_ROUND_UP: return 1;
    case BOURSE_ROUND_FLOOR: return negative;
    case BOURSE_ROUND_CEILING: return !negative;
    case BOURSE_ROUND_HALF_UP: return half >= 0;
    case BOURSE_ROUND_HALF_EVEN: return half > 0 || (half == 0 && odd);
    default: return 0;
  }
}

/* quotient = a * 10^shift / b as an integer, rounded; b is not zero. 0 when it cannot fit in 256 bits, and then it is
 * over 128 bits. */
static int32_t divide(wide *quotient, u128 a, u128 b, int32_t shift, int32_t rounding, int32_t negative) {
  wide dividend = wide_from(a), divisor = wide_from(b), rest;
  *quotient = wide_from(u128_from(0));
  if (shift < -POW10_MAX) { /* 10^39 * b is over twice any a: the quotient is 0 and the rest below half */
    quotient->low = u128_from((uint64_t)rounds_away(rounding, negative, 0, u128_is_zero(a), -1));
    return 1;
  }
  if (shift > 0 && !wide_scale(&dividend, shift)) return 0;
  if (shift < 0) divisor = wide_multiply(b, pow10_128(-shift));
  if (!u128_is_zero(divisor.high)) {
    rest = dividend; /* shift is negative, so the dividend is a, below 2^128 */
  } else {
    u128 remainder;
    *quotient = wide_divide(dividend, divisor.low, &remainder);
    rest = wide_from(remainder);
  }
  int32_t exact = wide_is_zero(rest);
  int32_t half = wide_compare(wide_add(rest, rest), divisor);
  if (rounds_away(rounding, negative, (int32_t)u128_bit(quotient->low, 0), exact, half))
    *quotient = wide_add(*quotient, wide_from(u128_from(1)));
  return 1;
}

static int32_t is_rounding(int32_t rounding) {
  return rounding >= BOURSE_ROUND_DOWN && rounding <= BOURSE_ROUND_HALF_EVEN;
}

static int32_t are_decimals(int32_t decimals) {
  return decimals >= -BOURSE_DECIMAL_EXPONENT_MAX && decimals <= -BOURSE_DECIMAL_EXPONENT_MIN;
}

int32_t bourse_decimal_div(bourse_decimal *out, const bourse_decimal *a, const bourse_decimal *b, int32_t decimals,
                           int32_t rounding) {
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  if (!is_present(a) || !is_present(b)) return fail(out, BOURSE_ERROR_ABSENT);
  if (u128_is_zero(coefficient(b)) || !is_rounding(rounding) || !are_decimals(decimals))
    return fail(out, BOURSE_ERROR_ARGUMENT);
  int32_t negative = is_negative(a) != is_negative(b);
  wide quotient;
  if (!divide(&quotient, coefficient(a), coefficient(b), a->exponent - b->exponent + decimals, rounding, negative))
    return fail(out, BOURSE_ERROR_OVERFLOW);
  return fit(out, quotient, -decimals, negative);
}

int32_t bourse_decimal_round(bourse_decimal *out, const bourse_decimal *value, int32_t decimals, int32_t rounding) {
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  if (!is_present(value)) return fail(out, BOURSE_ERROR_ABSENT);
  if (!is_rounding(rounding) || !are_decimals(decimals)) return fail(out, BOURSE_ERROR_ARGUMENT);
  int32_t shift = value->exponent + decimals, negative = is_negative(value);
  u128 magnitude = coefficient(value);
  if (shift >= 0) { /* as many zeros more as fit */
    if (shift > POW10_MAX) shift = POW10_MAX;
    return fit(out, wide_multiply(magnitude, pow10_128(shift)), value->exponent - shift, negative);
  }
  wide quotient;
  (void)divide(&quotient, magnitude, u128_from(1), shift, rounding, negative); /* cannot overflow: shift is negative */
  return fit(out, quotient, -decimals, negative);
}

int32_t bourse_decimal_round_to_step(bourse_decimal *out, const bourse_decimal *value, const bourse_decimal *step,
                                     int32_t rounding) {
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  if (!is_present(value) || !is_present(step)) return fail(out, BOURSE_ERROR_ABSENT);
  if (bourse_decimal_sign(step) <= 0 || !is_rounding(rounding)) return fail(out, BOURSE_ERROR_ARGUMENT);
  int32_t negative = is_negative(value);
  wide steps;
  if (!divide(&steps, coefficient(value), coefficient(step), value->exponent - step->exponent, rounding, negative) ||
      !u128_is_zero(steps.high))
    return fail(out, BOURSE_ERROR_OVERFLOW);
  return fit(out, wide_multiply(steps.low, coefficient(step)), step->exponent, negative);
}

int32_t bourse_decimal_is_multiple(const bourse_decimal *value, const bourse_decimal *step) {
  if (!is_present(value) || bourse_decimal_sign(step) <= 0) return 0;
  u128 rest = coefficient(value), divisor = coefficient(step);
  int32_t shift = value->exponent - step->exponent;
  if (u128_is_zero(rest)) return 1;
  if (shift < -POW10_MAX) return 0; /* smaller than one step */
  if (shift < 0) {
    wide scaled = wide_multiply(divisor, pow10_128(-shift));
    return u128_is_zero(scaled.high) && u128_is_zero(u128_rest(rest, scaled.low));
  }
  for (rest = u128_rest(rest, divisor); shift > 0 && !u128_is_zero(rest); shift -= 19)
    (void)wide_divide(wide_multiply(rest, u128_from(pow10_64[shift < 19 ? shift : 19])), divisor, &rest);
  return u128_is_zero(rest);
}

void bourse_decimal_trim(bourse_decimal *out, const bourse_decimal *value) {
  if (out == NULL) return;
  if (!is_present(value)) {
    fail(out, BOURSE_OK);
    return;
  }
  u128 magnitude = coefficient(value);
  int32_t exponent = value->exponent;
  if (exponent < 0) raise_exponent(&magnitude, &exponent, 0);
  set(out, magnitude, exponent, is_negative(value));
}
