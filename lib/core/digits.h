/* core/digits.h - the short decimal numbers that replies are full of, read sixteen bytes at a time. */
#ifndef CORE_DIGITS_H
#define CORE_DIGITS_H

#include <bourse/decimal.h>

#include "core/scan.h"

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
static inline uint64_t digits_value(__m128i d) {
  __m128i tens = _mm_mullo_epi16(_mm_and_si128(d, _mm_set1_epi16(0xFF)), _mm_set1_epi16(10));
  __m128i pairs = _mm_add_epi16(tens, _mm_srli_epi16(d, 8));
  __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(1 << 16 | 100));
  __m128i eights = _mm_madd_epi16(_mm_packs_epi32(fours, fours), _mm_set1_epi32(1 << 16 | 10000));
  uint64_t halves = (uint64_t)_mm_cvtsi128_si64(eights);
  return (halves & 0xFFFFFFFFu) * 100000000u + (halves >> 32);
}

/* Digits with at most one point among them, fifteen bytes at most, from p up to the first byte that is neither. Returns the
 * place of that byte; NULL when there are more than fifteen, or when the input does not reach sixteen bytes to either side
 * of p. The digits are shifted into place by loading twice, once as they stand and once a byte lower, and joining the part
 * behind the point of the one with the part before the point of the other. */
static inline const char *digits_scan(digits *out, const char *p, const char *begin, const char *end) {
  if (p - begin < 17 || end - p < 16) return NULL;
  const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9);
  __m128i bytes = _mm_sub_epi8(digits_load(p), zero);
  uint32_t others = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(bytes, nine), bytes)) ^ 0xFFFFu;
  if (others == 0) return NULL;
  uint32_t length = scan_lowest_bit(others);
  __m128i d;
  out->whole = length;
  out->decimals = 0;
  if (p[length] == '.') {
    others &= others - 1;
    if (others == 0) return NULL;
    length = scan_lowest_bit(others);
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

#else

static inline const char *digits_scan(digits *out, const char *p, const char *begin, const char *end) {
  (void)out, (void)p, (void)begin, (void)end;
  return NULL;
}

#endif

/* A value that is a short plain number, quoted or bare. Returns the place behind it, or NULL when it is anything else:
 * longer, with an exponent, malformed, empty. Those go the general way. */
static inline const char *digits_value_scan(digits *out, int32_t *negative, const char *p, const char *begin,
                                            const char *end) {
  int32_t quoted = *p == '"';
  p += quoted;
  if (p == end) return NULL;
  *negative = *p == '-';
  const char *first = p += *negative;
  p = digits_scan(out, p, begin, end);
  if (p == NULL) return NULL;
  if (quoted) return *p == '"' && out->whole + out->decimals != 0 ? p + 1 : NULL;
  if (out->whole == 0 || p[-1] == '.' || (*first == '0' && out->whole != 1)) return NULL;
  return *p == ',' || *p == ']' || *p == '}' || scan_is_space(*p) ? p : NULL;
}

#endif
