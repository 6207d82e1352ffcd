/* core/scan.h - the innermost loops of the JSON reader, inlined into the reader and the decoder. Nothing here reads at
 * or past `end`. */
#ifndef CORE_SCAN_H
#define CORE_SCAN_H

#include <bourse/sys/json.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* For the few functions that are worth their size at every call. */
#ifdef __GNUC__
#define SCAN_INLINE static inline __attribute__((always_inline))
#else
#define SCAN_INLINE static inline
#endif

static inline int32_t scan_is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

static inline int32_t scan_is_digit(char c) { return (uint8_t)(c - '0') <= 9; }

static inline uint32_t scan_lowest_bit(uint32_t bits) {
#ifdef __GNUC__
  return (uint32_t)__builtin_ctz(bits);
#else
  uint32_t n = 0;
  while ((bits & 1) == 0) bits >>= 1, n++;
  return n;
#endif
}

static inline uint32_t scan_lowest_bit64(uint64_t bits) {
#ifdef __GNUC__
  return (uint32_t)__builtin_ctzll(bits);
#else
  return (uint32_t)bits != 0 ? scan_lowest_bit((uint32_t)bits) : 32 + scan_lowest_bit((uint32_t)(bits >> 32));
#endif
}

static inline uint32_t scan_load16(const char *p) {
  uint16_t word;
  memcpy(&word, p, sizeof word);
  return word;
}

static inline uint64_t scan_load64(const char *p) {
  uint64_t word;
  memcpy(&word, p, sizeof word);
  return word;
}

static inline uint32_t scan_load32(const char *p) {
  uint32_t word;
  memcpy(&word, p, sizeof word);
  return word;
}

/* Whether two texts of one length are the same. Where eight bytes differ, none behind them is read. */
SCAN_INLINE int32_t scan_same(const char *a, const char *b, size_t length) {
  if (length >= 8) {
    if (scan_load64(a) != scan_load64(b)) return 0;
    for (size_t i = 8; i + 8 < length; i += 8)
      if (scan_load64(a + i) != scan_load64(b + i)) return 0;
    return scan_load64(a + length - 8) == scan_load64(b + length - 8);
  }
  if (length >= 4)
    return scan_load32(a) == scan_load32(b) && scan_load32(a + length - 4) == scan_load32(b + length - 4);
  if (length == 0) return 1;
  return a[0] == b[0] && a[length - 1] == b[length - 1] && a[length / 2] == b[length / 2];
}

/* The first byte that is not white space, or end. Replies without white space pay one comparison. */
SCAN_INLINE const char *scan_space(const char *p, const char *end) {
  if (p == end || (uint8_t)*p > ' ') return p;
#ifdef __SSE2__
  while (end - p >= 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i space = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'))),
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t'))));
    uint32_t other = (uint32_t)_mm_movemask_epi8(space) ^ 0xFFFFu;
    if (other != 0) return p + scan_lowest_bit(other);
    p += 16;
  }
#endif
  while (p < end && scan_is_space(*p)) p++;
  return p;
}

#ifdef __SSE2__
/* One bit for each of the sixteen bytes at p that is not a plain part of a string. */
SCAN_INLINE uint32_t scan_special_16(const char *p) {
  __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
  __m128i special = _mm_or_si128(
      _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
      _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20))); /* signed: control characters and everything from 0x80 */
  return (uint32_t)_mm_movemask_epi8(special);
}
#endif

/* The first byte of a string's inside that needs a closer look - quote, backslash, control character, part of a
 * character outside ASCII - or end. */
SCAN_INLINE const char *scan_plain(const char *p, const char *end) {
#ifdef __SSE2__
  while (end - p >= 16) {
    uint32_t found = scan_special_16(p);
    if (found != 0) return p + scan_lowest_bit(found);
    p += 16;
  }
#else
  const uint64_t ones = ~UINT64_C(0) / 255, high = ones << 7;
  while (end - p >= 8) {
    uint64_t bytes = scan_load64(p), quote = bytes ^ (ones * '"'), backslash = bytes ^ (ones * '\\');
    uint64_t special = ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | (bytes - ones * 0x20) | bytes;
    if ((special & high) != 0) break; /* borrows may mark a byte too many: the loop below decides */
    p += 8;
  }
#endif
  while (p < end && (int8_t)*p >= 0x20 && *p != '"' && *p != '\\') p++;
  return p;
}

/* The same where at least sixteen bytes follow. */
SCAN_INLINE const char *scan_plain_16(const char *p, const char *end) {
#ifdef __SSE2__
  uint32_t found = scan_special_16(p);
  if (found != 0) return p + scan_lowest_bit(found);
  p += 16;
#endif
  return scan_plain(p, end);
}

/* Sets the error if there is none yet, and ends the reading: the cursor goes to the end, so that every later call finds
 * nothing. Returns NULL. */
const char *bourse__json_fail_at(bourse_json *json, const char *place, const char *message);

/* `p` stands on the first byte of a string's inside that scan_plain stopped at. Checks on to the closing quote and
 * returns its place, or NULL with the error set. *escaped becomes 1 when there are escapes, else stays. */
const char *bourse__json_string_rest(bourse_json *json, const char *p, int32_t *escaped);

/* `p` stands behind an opening quote. Returns the place of the closing one, or NULL with the error set. */
SCAN_INLINE const char *scan_string(bourse_json *json, const char *p, int32_t *escaped) {
  *escaped = 0;
  p = scan_plain(p, json->end);
  if (p < json->end && *p == '"') return p;
  return bourse__json_string_rest(json, p, escaped);
}

/* Length of the UTF-8 character at p, or 0 when it is cut off, overlong, a surrogate or over U+10FFFF. */
size_t bourse__utf8_length(const char *p, const char *end);

/* `p` stands on the first byte of a value. Returns the place behind it, all of it checked, or NULL with the error set.
 */
const char *bourse__json_number_end(bourse_json *json, const char *p);
const char *bourse__json_value_end(bourse_json *json, const char *p);

#endif
