/* core/wide.h - unsigned integers of 128 and 256 bits, for decimal.c only. */
#ifndef CORE_WIDE_H
#define CORE_WIDE_H

#include <stdint.h>

__extension__ typedef unsigned __int128 u128;

#define U128_MAX  (~(u128)0)
#define POW10_MAX 38 /* largest power of ten below 2^128 */

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

static inline u128 pow10_128(int32_t n) { return n < 20 ? pow10_64[n] : (u128)pow10_64[n - 19] * pow10_64[19]; }

static inline wide wide_from(u128 value) { return (wide){value, 0}; }

static inline wide wide_multiply(u128 a, u128 b) {
  uint64_t a0 = (uint64_t)a, a1 = (uint64_t)(a >> 64), b0 = (uint64_t)b, b1 = (uint64_t)(b >> 64);
  u128 p00 = (u128)a0 * b0, p01 = (u128)a0 * b1, p10 = (u128)a1 * b0, p11 = (u128)a1 * b1;
  u128 middle = (p00 >> 64) + (uint64_t)p01 + (uint64_t)p10;
  return (wide){middle << 64 | (uint64_t)p00, p11 + (p01 >> 64) + (p10 >> 64) + (middle >> 64)};
}

/* a * b, 0 when it does not fit in 256 bits. */
static inline int32_t wide_multiply_small(wide *a, uint64_t b) {
  wide low = wide_multiply(a->low, b), high = wide_multiply(a->high, b);
  u128 sum = high.low + low.high;
  if (high.high != 0 || sum < high.low) return 0;
  *a = (wide){low.low, sum};
  return 1;
}

/* a * 10^n, 0 when it does not fit in 256 bits. */
static inline int32_t wide_scale(wide *a, int32_t n) {
  if (a->low == 0 && a->high == 0) return 1;
  for (; n > 0; n -= 19)
    if (!wide_multiply_small(a, pow10_64[n < 19 ? n : 19])) return 0;
  return 1;
}

static inline int32_t wide_compare(wide a, wide b) {
  if (a.high != b.high) return a.high < b.high ? -1 : 1;
  return a.low < b.low ? -1 : a.low > b.low;
}

/* Modulo 2^256. */
static inline wide wide_add(wide a, wide b) {
  u128 low = a.low + b.low;
  return (wide){low, a.high + b.high + (low < a.low)};
}

static inline wide wide_subtract(wide a, wide b) { return (wide){a.low - b.low, a.high - b.high - (a.low < b.low)}; }

/* a / b, and the remainder; b is not zero. */
static inline wide wide_divide(wide a, u128 b, u128 *remainder) {
  wide quotient = {0, a.high / b};
  u128 rest = a.high % b;
  if (rest == 0) {
    quotient.low = a.low / b;
    *remainder = a.low % b;
    return quotient;
  }
  if (b >> 64 == 0) {
    uint64_t divisor = (uint64_t)b;
    u128 upper = rest << 64 | (uint64_t)(a.low >> 64);
    u128 lower = upper % divisor << 64 | (uint64_t)a.low;
    quotient.low = upper / divisor << 64 | lower / divisor;
    *remainder = lower % divisor;
    return quotient;
  }
  for (int32_t bit = 127; bit >= 0; bit--) {
    u128 carry = rest >> 127;
    rest = rest << 1 | (a.low >> bit & 1);
    if (carry != 0 || rest >= b) {
      rest -= b;
      quotient.low |= (u128)1 << bit;
    }
  }
  *remainder = rest;
  return quotient;
}

#endif
