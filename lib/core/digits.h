/* core/digits.h - the short decimal numbers that replies are full of, read sixteen bytes at a time. */
#ifndef CORE_DIGITS_H
#define CORE_DIGITS_H

#include <bourse/decimal.h>

#include "core/scan.h"

/* Bytes that must be there before and from a number's first digit on for digits_scan. */
#define DIGITS_BEFORE 17
#define DIGITS_AFTER 18

/* What digits_scan read: the digits without the point, and how many stood before and behind it. */
typedef struct digits {
  uint64_t value;
  uint32_t whole;
  uint32_t decimals;
} digits;

#ifdef __SSE2__

/* Bytes 16-n .. 15 are ones in the sixteen bytes from digits_mask + n. */
static const int8_t digits_mask[32] = {0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
                                       -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};

static inline __m128i digits_load(const void *p) { return _mm_loadu_si128((const __m128i *)p); }

/* Value of sixteen digits, 0..9 each, the most significant first. */
SCAN_INLINE uint64_t digits_value(__m128i d) {
  __m128i tens = _mm_mullo_epi16(_mm_and_si128(d, _mm_set1_epi16(0xFF)), _mm_set1_epi16(10));
  __m128i pairs = _mm_add_epi16(tens, _mm_srli_epi16(d, 8));
  __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(1 << 16 | 100));
  __m128i eights = _mm_madd_epi16(_mm_packs_epi32(fours, fours), _mm_set1_epi32(1 << 16 | 10000));
  uint64_t halves = (uint64_t)_mm_cvtsi128_si64(eights);
  return (halves & 0xFFFFFFFFu) * 100000000u + (halves >> 32);
}

/* One bit for each of the sixteen bytes at p that is no digit. */
SCAN_INLINE uint32_t digits_others(const char *p) {
  __m128i bytes = _mm_sub_epi8(digits_load(p), _mm_set1_epi8('0'));
  __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(9)), bytes);
  return (uint32_t)_mm_movemask_epi8(is_digit) ^ 0xFFFFu;
}

/* Digits from p on, at most sixteen, with a point among them or not; DIGITS_BEFORE and DIGITS_AFTER bytes can be read there.
 * Returns the place behind them. The caller checks what stands there: after a longer number it is one more digit. The digits
 * are shifted to the right place by loading twice, once as they stand and once a byte lower, and joining the part behind the
 * point of the one with the part before the point of the other. */
SCAN_INLINE const char *digits_scan(digits *out, const char *p) {
  const __m128i zero = _mm_set1_epi8('0');
  uint32_t others = digits_others(p) | 3u << 16; /* a bit is found twice in any case */
  uint32_t length = scan_lowest_bit(others);
  __m128i d;
  out->whole = length;
  out->decimals = 0;
  if (p[length] == '.') {
    length = scan_lowest_bit(others & (others - 1));
    out->decimals = length - out->whole - 1;
    __m128i fraction = digits_load(digits_mask + out->decimals);
    d = _mm_or_si128(_mm_and_si128(fraction, digits_load(p + length - 16)),
                     _mm_andnot_si128(fraction, digits_load(p + length - 17)));
    d = _mm_and_si128(_mm_sub_epi8(d, zero), digits_load(digits_mask + length - 1));
  } else {
    d = _mm_and_si128(_mm_sub_epi8(digits_load(p + length - 16), zero), digits_load(digits_mask + length));
  }
  out->value = digits_value(d);
  return p + length;
}

/* A value that is a short plain number, quoted or bare, at p. Returns the place behind it, or NULL when it is anything else -
 * longer, with an exponent, malformed, empty - or too near to an end of the input. Those go the general way. */
SCAN_INLINE const char *digits_number(digits *out, int32_t *negative, const char *p, const char *begin, const char *end) {
  if (p - begin < DIGITS_BEFORE || end - p < DIGITS_AFTER + 2) return NULL;
  int32_t quoted = *p == '"';
  p += quoted;
  *negative = *p == '-';
  const char *first = p += *negative;
  p = digits_scan(out, p);
  if (quoted) return *p == '"' && p != first && *first != '.' ? p + 1 : NULL;
  if (out->whole == 0 || p[-1] == '.' || (*first == '0' && out->whole != 1)) return NULL;
  return *p == ',' || *p == ']' || *p == '}' || scan_is_space(*p) ? p : NULL;
}

#else

SCAN_INLINE const char *digits_number(digits *out, int32_t *negative, const char *p, const char *begin, const char *end) {
  (void)out, (void)negative, (void)p, (void)begin, (void)end;
  return NULL;
}

#endif

#endif
