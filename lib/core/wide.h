/* core/wide.h - unsigned integers of 128 and 256 bits, for decimals, books and checksums. Compilers for machines of 32 bits
 * have no integers of 128: there, and with BOURSE_PLAIN_WORDS, they are two words. */
#ifndef CORE_WIDE_H
#define CORE_WIDE_H

#include <stdint.h>

#define POW10_MAX 38 /* largest power of ten below 2^128 */

#if defined(__SIZEOF_INT128__) && !defined(BOURSE_PLAIN_WORDS)

__extension__ typedef unsigned __int128 u128;

static inline u128 u128_of(uint64_t high, uint64_t low) { return (u128)high << 64 | low; }
static inline uint64_t u128_low(u128 a) { return (uint64_t)a; }
static inline uint64_t u128_high(u128 a) { return (uint64_t)(a >> 64); }
static inline u128 u128_words(uint64_t a, uint64_t b) { return (u128)a * b; }

/* Modulo 2^128. */
static inline u128 u128_add(u128 a, u128 b) { return a + b; }
static inline u128 u128_subtract(u128 a, u128 b) { return a - b; }
static inline u128 u128_multiply(u128 a, u128 b) { return a * b; }

/* b is not zero. */
static inline u128 u128_divide(u128 a, u128 b) { return a / b; }
static inline u128 u128_rest(u128 a, u128 b) { return a % b; }

static inline int32_t u128_less(u128 a, u128 b) { return a < b; }
static inline int32_t u128_same(u128 a, u128 b) { return a == b; }

#else

typedef struct u128 {
  uint64_t low;
  uint64_t high;
} u128;

static inline u128 u128_of(uint64_t high, uint64_t low) { return (u128){low, high}; }
static inline uint64_t u128_low(u128 a) { return a.low; }
static inline uint64_t u128_high(u128 a) { return a.high; }

/* The product of two words. */
static inline u128 u128_words(uint64_t a, uint64_t b) {
  uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
  uint64_t p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0;
  uint64_t middle = (p00 >> 32) + (uint32_t)p01 + (uint32_t)p10;
  return (u128){middle << 32 | (uint32_t)p00, a1 * b1 + (p01 >> 32) + (p10 >> 32) + (middle >> 32)};
}

static inline int32_t u128_same(u128 a, u128 b) { return a.low == b.low && a.high == b.high; }
static inline int32_t u128_less(u128 a, u128 b) { return a.high != b.high ? a.high < b.high : a.low < b.low; }

static inline u128 u128_add(u128 a, u128 b) {
  uint64_t low = a.low + b.low;
  return (u128){low, a.high + b.high + (low < a.low)};
}

static inline u128 u128_subtract(u128 a, u128 b) { return (u128){a.low - b.low, a.high - b.high - (a.low < b.low)}; }

static inline u128 u128_multiply(u128 a, u128 b) {
  u128 product = u128_words(a.low, b.low);
  product.high += a.low * b.high + a.high * b.low;
  return product;
}

/* By what fits in half a word, a half at a time; by more, a bit at a time. */
static inline u128 u128_split(u128 a, u128 b, u128 *rest) {
  u128 quotient = {0, 0};
  *rest = quotient;
  if (b.high == 0 && b.low >> 32 == 0) {
    uint64_t parts[4] = {a.high >> 32, (uint32_t)a.high, a.low >> 32, (uint32_t)a.low};
    for (int32_t i = 0; i < 4; i++) {
      uint64_t part = rest->low << 32 | parts[i];
      parts[i] = part / b.low;
      rest->low = part % b.low;
    }
    return (u128){parts[2] << 32 | parts[3], parts[0] << 32 | parts[1]};
  }
  for (int32_t bit = 127; bit >= 0; bit--) {
    uint64_t carry = rest->high >> 63;
    *rest = u128_add(*rest, *rest);
    rest->low |= (bit < 64 ? a.low : a.high) >> (bit & 63) & 1;
    quotient = u128_add(quotient, quotient);
    if (carry != 0 || !u128_less(*rest, b)) {
      *rest = u128_subtract(*rest, b);
      quotient.low |= 1;
    }
  }
  return quotient;
}

static inline u128 u128_divide(u128 a, u128 b) {
  u128 rest;
  return u128_split(a, b, &rest);
}

static inline u128 u128_rest(u128 a, u128 b) {
  u128 rest;
  (void)u128_split(a, b, &rest);
  return rest;
}

#endif

static inline u128 u128_from(uint64_t value) { return u128_of(0, value); }
static inline u128 u128_max(void) { return u128_of(UINT64_MAX, UINT64_MAX); }
static inline int32_t u128_is_zero(u128 a) { return (u128_low(a) | u128_high(a)) == 0; }
static inline uint64_t u128_bit(u128 a, int32_t n) { return (n < 64 ? u128_low(a) : u128_high(a)) >> (n & 63) & 1; }

typedef struct wide {
  u128 low;
  u128 high;
} wide;

static const uint64_t pow10_64[20] = {1u,
                                      10u,
                                      100u,
                                      1000u,
                                      10000u,
                                      100000u,
                                      1000000u,
                                      10000000u,
                                      100000000u,
                                      1000000000u,
                                      10000000000u,
                                      100000000000u,
                                      1000000000000u,
                                      10000000000000u,
                                      100000000000000u,
                                      1000000000000000u,
                                      10000000000000000u,
                                      100000000000000000u,
                                      1000000000000000000u,
                                      10000000000000000000u};

static inline u128 pow10_128(int32_t n) {
  return n < 20 ? u128_from(pow10_64[n]) : u128_words(pow10_64[n - 19], pow10_64[19]);
}

static inline wide wide_from(u128 value) { return (wide){value, u128_from(0)}; }

static inline int32_t wide_is_zero(wide a) { return u128_is_zero(a.low) && u128_is_zero(a.high); }

static inline wide wide_multiply(u128 a, u128 b) {
  u128 p00 = u128_words(u128_low(a), u128_low(b)), p01 = u128_words(u128_low(a), u128_high(b));
  u128 p10 = u128_words(u128_high(a), u128_low(b)), p11 = u128_words(u128_high(a), u128_high(b));
  u128 middle = u128_add(u128_from(u128_high(p00)), u128_from(u128_low(p01)));
  middle = u128_add(middle, u128_from(u128_low(p10)));
  p11 = u128_add(u128_add(p11, u128_from(u128_high(p01))), u128_from(u128_high(p10)));
  return (wide){u128_of(u128_low(middle), u128_low(p00)), u128_add(p11, u128_from(u128_high(middle)))};
}

/* a * b, 0 when it does not fit in 256 bits. */
static inline int32_t wide_multiply_small(wide *a, uint64_t b) {
  wide low = wide_multiply(a->low, u128_from(b)), high = wide_multiply(a->high, u128_from(b));
  u128 sum = u128_add(high.low, low.high);
  if (!u128_is_zero(high.high) || u128_less(sum, high.low)) return 0;
  *a = (wide){low.low, sum};
  return 1;
}

/* a * 10^n, 0 when it does not fit in 256 bits. */
static inline int32_t wide_scale(wide *a, int32_t n) {
  if (wide_is_zero(*a)) return 1;
  for (; n > 0; n -= 19)
    if (!wide_multiply_small(a, pow10_64[n < 19 ? n : 19])) return 0;
  return 1;
}

static inline int32_t wide_compare(wide a, wide b) {
  if (!u128_same(a.high, b.high)) return u128_less(a.high, b.high) ? -1 : 1;
  return u128_less(a.low, b.low) ? -1 : !u128_same(a.low, b.low);
}

/* Modulo 2^256. */
static inline wide wide_add(wide a, wide b) {
  u128 low = u128_add(a.low, b.low), high = u128_add(a.high, b.high);
  return (wide){low, u128_add(high, u128_from(u128_less(low, a.low) != 0))};
}

static inline wide wide_subtract(wide a, wide b) {
  u128 high = u128_subtract(a.high, b.high);
  return (wide){u128_subtract(a.low, b.low), u128_subtract(high, u128_from(u128_less(a.low, b.low) != 0))};
}

/* a / b, and the remainder; b is not zero. */
static inline wide wide_divide(wide a, u128 b, u128 *remainder) {
  wide quotient = {u128_from(0), u128_divide(a.high, b)};
  u128 rest = u128_rest(a.high, b);
  if (u128_is_zero(rest)) {
    quotient.low = u128_divide(a.low, b);
    *remainder = u128_rest(a.low, b);
    return quotient;
  }
  if (u128_high(b) == 0) {
    u128 upper = u128_of(u128_low(rest), u128_high(a.low));
    u128 lower = u128_of(u128_low(u128_rest(upper, b)), u128_low(a.low));
    quotient.low = u128_of(u128_low(u128_divide(upper, b)), u128_low(u128_divide(lower, b)));
    *remainder = u128_rest(lower, b);
    return quotient;
  }
  for (int32_t bit = 127; bit >= 0; bit--) {
    uint64_t carry = u128_bit(rest, 127);
    rest = u128_add(u128_add(rest, rest), u128_from(u128_bit(a.low, bit)));
    quotient.low = u128_add(quotient.low, quotient.low);
    if (carry != 0 || !u128_less(rest, b)) {
      rest = u128_subtract(rest, b);
      quotient.low = u128_add(quotient.low, u128_from(1));
    }
  }
  *remainder = rest;
  return quotient;
}

#endif
