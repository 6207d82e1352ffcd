/* core/digits.h - the short decimal numbers that replies are full of, read sixteen bytes at a time. */
#ifndef CORE_DIGITS_H
#define CORE_DIGITS_H

#include <bourse/decimal.h>
#include <bourse/sys/decode.h>

#include "core/scan.h"

/* The places of an input from which sixteen bytes and some can be read to either side, so that what stands there is
 * read without looking at the bounds again. */
#define WINDOW_BEFORE 17
#define WINDOW_AFTER  24

typedef struct window {
  const char *from;
  size_t size;
  int32_t everywhere; /* the input is padded: any place of it, and its end */
} window;

static inline window window_of(const bourse_decoder *decoder) {
  const bourse_json *json = &decoder->json;
  size_t size = (size_t)(json->end - json->begin);
  if (decoder->padded) return (window){json->begin, size, 0};
  if (size < WINDOW_BEFORE + WINDOW_AFTER) return (window){json->begin, 0, 0};
  return (window){json->begin + WINDOW_BEFORE, size - WINDOW_BEFORE - WINDOW_AFTER, 0};
}

/* `p` is a place of the input or its end. Where `everywhere` is a constant, nothing is left of the question. */
SCAN_INLINE int32_t in_window(window w, const char *p) {
  return w.everywhere || (size_t)((uintptr_t)p - (uintptr_t)w.from) < w.size;
}

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

/* One bit for each of the sixteen bytes at p that is a digit. */
SCAN_INLINE uint32_t digits_places(const char *p) {
  __m128i bytes = _mm_sub_epi8(digits_load(p), _mm_set1_epi8('0'));
  __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(9)), bytes);
  return (uint32_t)_mm_movemask_epi8(is_digit);
}

/* How many digits stand at p, counted to sixteen. `p` is in the window. */
SCAN_INLINE uint32_t digits_count(const char *p) { return scan_lowest_bit(digits_places(p) ^ 0x1FFFFu); }

/* Digits from p on, at most sixteen, with a point among them or not; p, or p less two, is in the window. Returns the
 * place behind them. The caller checks what stands there: after a longer number it is one more digit. The digits are
 * shifted to the right place by loading twice, once as they stand and once a byte lower, and joining the part behind
 * the point of the one with the part before the point of the other. */
SCAN_INLINE const char *digits_scan(digits *out, const char *p) {
  const __m128i zero = _mm_set1_epi8('0');
  uint32_t others = digits_places(p) ^ 0x3FFFFu; /* a bit is found twice in any case */
  size_t length = scan_lowest_bit(others);
  __m128i d;
  out->whole = (uint32_t)length;
  out->decimals = 0;
  if (p[length] == '.') {
    length = scan_lowest_bit(others & (others - 1));
    out->decimals = (uint32_t)length - out->whole - 1;
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

SCAN_INLINE uint32_t digits_count(const char *p) {
  uint32_t n = 0;
  while (n < 16 && scan_is_digit(p[n])) n++;
  return n;
}

SCAN_INLINE const char *digits_scan(digits *out, const char *p) {
  uint64_t value = 0;
  uint32_t n = 0, decimals = 0;
  for (; n < 16 && scan_is_digit(p[n]); n++) value = value * 10 + (uint64_t)(p[n] - '0');
  if (p[n] == '.')
    for (p++; n + decimals < 16 && scan_is_digit(p[n + decimals]); decimals++)
      value = value * 10 + (uint64_t)(p[n + decimals] - '0');
  *out = (digits){value, n, decimals};
  return p + n + decimals;
}

#endif

/* JSON's rules for a bare number, of which the digits from `first` to p were scanned, and what may stand behind it. */
SCAN_INLINE int32_t digits_is_bare(const digits *d, const char *first, const char *p) {
  if ((*first == '0' && d->whole != 1) || (d->decimals == 0 && p[-1] == '.')) return 0;
  return *p == ',' || (*p | 0x20) == '}' || scan_is_space(*p); /* ']' too */
}

/* A number with a minus sign at p, where one in quotes may begin. */
static const char *digits_negative(digits *out, int32_t quoted, const char *p) {
  if (*p != '-') return NULL;
  const char *first = p + 1;
  p = digits_scan(out, first);
  if (out->whole == 0) return NULL;
  if (quoted) return *p == '"' ? p + 1 : NULL;
  return digits_is_bare(out, first, p) ? p : NULL;
}

/* The number at p, bare or in quotes, when it is a short plain one; p is in the window. Returns the place behind it,
 * or NULL when it is anything else: longer, with an exponent, malformed, empty, null. */
SCAN_INLINE const char *digits_number(digits *out, int32_t *negative, const char *p) {
  const int32_t quoted = *p == '"';
  const char *first = p + quoted;
  *negative = 0;
  if (scan_is_digit(*first)) {
    p = digits_scan(out, first);
    if (quoted) return *p == '"' ? p + 1 : NULL;
    return digits_is_bare(out, first, p) ? p : NULL;
  }
  digits slow = {0, 0, 0};
  p = digits_negative(&slow, quoted, first);
  *out = slow;
  *negative = 1;
  return p;
}

/* What follows the seconds of a time at p: a point and a few decimals or none, Z, and the closing quote. Returns the place
 * behind it, NULL when it is anything else; p + 1 is in the window. */
SCAN_INLINE const char *digits_fraction(const char *p, int64_t *out_ns) {
  static const uint32_t units[] = {1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
  digits d = {0, 0, 0};
  if (*p == '.') {
    p = digits_scan(&d, p + 1);
    if (d.whole == 0 || d.whole > 9 || p[-1] == '.' || d.decimals != 0) return NULL;
  }
  *out_ns = (int64_t)d.value * units[d.whole];
  return scan_load16(p) == scan_load16("Z\"") ? p + 2 : NULL;
}

/* A decimal in its common form at a place in the window. Returns the place behind it; NULL: it has another form. */
SCAN_INLINE const char *digits_decimal(const char *p, bourse_decimal *out) {
  digits d;
  int32_t negative;
  p = digits_number(&d, &negative, p);
  if (p == NULL) return NULL;
  out->low = d.value;
  out->high = 0;
  out->exponent = -(int32_t)d.decimals;
  out->flags = BOURSE_DECIMAL_PRESENT;
  if (negative && d.value != 0) out->flags |= BOURSE_DECIMAL_NEGATIVE;
  return p;
}

#endif
