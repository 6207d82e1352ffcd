/* core/flat.c - objects of one-letter keys in the form in which they come by the thousand: read in one pass, whatever the
 * order. What has any other form is left to the tables. */
#include <bourse/error.h>
#include <bourse/market.h>
#include <bourse/sys/decode.h>

#include "core/arena.h"
#include "core/decimal.h"
#include "core/digits.h"
#include "core/time.h"

#define TAIL         32 /* more than WINDOW_AFTER */
#define LEVELS_FIRST 8

/* The bytes at p where sixteen and some can be read to either side of them: there they stand, or, near the end of the
 * input, in a copy of its last bytes with zeros behind. */
typedef struct view {
  window w;
  const char *end;
  int32_t copied;
  char tail[TAIL + TAIL + TAIL];
} view;

static void copy_tail(view *v) {
  memset(v->tail, 0, TAIL);
  memcpy(v->tail + TAIL, v->end - TAIL, TAIL);
  memset(v->tail + TAIL + TAIL, 0, TAIL);
  v->copied = 1;
}

/* NULL: too near to the beginning. */
SCAN_INLINE const char *view_at(view *v, const char *p) {
  if (in_window(v->w, p)) return p;
  if (v->end - p > WINDOW_AFTER || v->w.size == 0) return NULL;
  if (!v->copied) copy_tail(v);
  return v->tail + TAIL + TAIL - (v->end - p);
}

/* Each of these reads a value at p into `member` and returns the place behind it, or NULL when it has another form. */

/* A decimal of more digits than are read at once, in quotes. */
static const char *flat_long(const char *p, const char *end, bourse_decimal *out) {
  const char *close = p < end && *p == '"' ? scan_plain(p + 1, end) : end;
  if (close == end || *close != '"') return NULL;
  return bourse__decimal_scan(out, p + 1, (size_t)(close - p - 1)) == BOURSE_OK ? close + 1 : NULL;
}

SCAN_INLINE const char *flat_decimal(view *v, const char *p, bourse_decimal *out) {
  digits d;
  int32_t negative;
  const char *at = view_at(v, p);
  const char *behind = at == NULL ? NULL : digits_number(&d, &negative, at);
  if (behind == NULL) return flat_long(p, v->end, out);
  out->low = d.value;
  out->high = 0;
  out->exponent = -(int32_t)d.decimals;
  out->flags = BOURSE_DECIMAL_PRESENT;
  if (negative && d.value != 0) out->flags |= BOURSE_DECIMAL_NEGATIVE;
  return p + (behind - at);
}

SCAN_INLINE const char *flat_integer(view *v, const char *p, int64_t unit, int64_t *out) {
  const uint64_t most = unit == 1 ? INT64_MAX : INT64_MAX / 1000000;
  digits d;
  int32_t negative;
  const char *at = view_at(v, p);
  const char *behind = at == NULL ? NULL : digits_number(&d, &negative, at);
  if (behind == NULL || negative || d.decimals != 0 || d.value > most) return NULL;
  *out = (int64_t)d.value * unit;
  return p + (behind - at);
}

/* A string without escapes, of ASCII, not empty. */
SCAN_INLINE const char *flat_slice(view *v, const char *p, bourse_slice *out) {
  if (p == v->end || *p != '"') return NULL;
  const char *close = scan_plain(p + 1, v->end);
  if (close == v->end || *close != '"' || close == p + 1) return NULL;
  *out = (bourse_slice){p + 1, (size_t)(close - p - 1)};
  return close + 1;
}

/* A number of up to sixteen digits as text. */
SCAN_INLINE const char *flat_id(view *v, const char *p, bourse_arena *arena, const char **out) {
  const char *at = view_at(v, p);
  uint32_t length = at == NULL ? 0 : digits_count(at);
  if (length == 0 || length == 16 || *at == '0' || (at[length] != ',' && at[length] != '}')) return NULL;
  char *copy = bourse__arena_take(arena, 17);
  if (copy == NULL) return NULL;
  memcpy(copy, at, 16);
  copy[length] = '\0';
  *out = copy;
  return p + length;
}

SCAN_INLINE const char *flat_bool(const char *p, const char *end, int32_t *out) {
  if (end - p < 6) return NULL;
  int32_t no = *p == 'f';
  if (scan_load32(p + no) != (no ? scan_load32("alse") : scan_load32("true"))) return NULL;
  *out = no ? BOURSE_NO : BOURSE_YES;
  return p + 4 + no;
}

/* A value that nobody wants; nothing nested. */
SCAN_INLINE const char *flat_pass(view *v, const char *p) {
  bourse_slice text;
  bourse_decimal number;
  int32_t flag;
  if (*p == '"') return flat_slice(v, p, &text);
  return *p == 't' || *p == 'f' ? flat_bool(p, v->end, &flag) : flat_decimal(v, p, &number);
}

static const char *flat_levels(bourse_decoder *decoder, const char *p, bourse_level_list *out) {
  decoder->json.cursor = p;
  if (bourse_decode_levels(decoder, &out->levels, &out->count) != BOURSE_OK) return NULL;
  return decoder->json.cursor;
}

SCAN_INLINE const char *flat_value(bourse_decoder *decoder, view *v, const bourse_letter *rule, const char *p,
                                   char *member) {
  switch (rule->as) {
    case BOURSE_AS_DECIMAL: return flat_decimal(v, p, (bourse_decimal *)(void *)member);
    case BOURSE_AS_INT64: return flat_integer(v, p, 1, (int64_t *)(void *)member);
    case BOURSE_AS_TIME_MS: return flat_integer(v, p, 1000000, (int64_t *)(void *)member);
    case BOURSE_AS_SLICE: return flat_slice(v, p, (bourse_slice *)(void *)member);
    case BOURSE_AS_ID: return flat_id(v, p, decoder->arena, (const char **)(void *)member);
    case BOURSE_AS_BOOL: return flat_bool(p, v->end, (int32_t *)(void *)member);
    case BOURSE_AS_LEVELS: return flat_levels(decoder, p, (bourse_level_list *)(void *)member);
    default: return flat_pass(v, p);
  }
}

SCAN_INLINE int32_t is_letter(char c) { return (uint8_t)((c | 0x20) - 'a') <= 'z' - 'a'; }

/* The rule of the key at p, which is of one or two letters; *behind is the place of the value. NULL: another form. */
SCAN_INLINE const bourse_letter *flat_key(const bourse_flat *flat, const char *p, const char *end, uint32_t *bit,
                                          const char **behind) {
  static const bourse_letter nothing = {0, 0, 0};
  if (end - p < 7 || p[0] != '"' || !is_letter(p[1])) return NULL;
  if (scan_load16(p + 2) == scan_load16("\":")) {
    *bit = (uint8_t)p[1] & 63;
    *behind = p + 4;
    return &flat->letters[*bit];
  }
  *bit = 63; /* no letter's */
  *behind = p + 5;
  if (!is_letter(p[2]) || scan_load16(p + 3) != scan_load16("\":")) return NULL;
  return p[1] == flat->pair[0] && p[2] == flat->pair[1] ? &flat->of_pair : &nothing;
}

int32_t bourse_decode_flat(bourse_decoder *decoder, const bourse_flat *flat, void *out) {
  bourse_json *json = &decoder->json;
  const char *const start = json->cursor, *const end = json->end, *p = start;
  view v;
  uint64_t seen = 0;
  if (end - p < 2 || *p != '{' || json->depth == BOURSE_JSON_DEPTH_MAX) return 0;
  v.w = window_of(decoder);
  v.end = end;
  v.copied = 0;
  json->depth++; /* for what is nested */
  for (;;) {
    uint32_t bit;
    const bourse_letter *rule = flat_key(flat, p + 1, end, &bit, &p);
    if (rule == NULL || ((seen >> bit & 1) != 0 && rule->as != 0)) break;
    seen |= (uint64_t)(rule->as != 0) << bit;
    p = flat_value(decoder, &v, rule, p, (char *)out + rule->offset);
    if (p == NULL || p == end) break;
    if (*p == ',') continue;
    if (*p != '}' || (seen & flat->required) != flat->required) break;
    json->cursor = p + 1;
    json->depth--;
    json->first = 0;
    return 1;
  }
  json->depth--;
  if (decoder->error == BOURSE_OK) json->cursor = start;
  return 0;
}

/* Seconds, a point and a few decimals, and Z. */
SCAN_INLINE const char *flat_time(view *v, const char *p, int64_t *out) {
  int64_t seconds, fraction;
  if (v->end - p < 22 || *p != '"' || !bourse__time_seconds(&seconds, p + 1)) return NULL;
  const char *at = view_at(v, p + 21);
  const char *behind = at == NULL ? NULL : digits_fraction(at - 1, &fraction);
  if (behind == NULL) return NULL;
  *out = seconds * 1000000000 + fraction;
  return p + 21 + (behind - at);
}

SCAN_INLINE const char *form_text(const char *p, const char *end, const char *text, size_t length) {
  return (size_t)(end - p) >= length && scan_same(p, text, length) ? p + length : NULL;
}

static const char *form_level(view *v, const bourse_form *form, const char *p, bourse_level *out) {
  const bourse_piece *const last = form->pieces + form->count;
  for (const bourse_piece *piece = form->pieces; piece != last; piece++) {
    p = form_text(p, v->end, piece->text, piece->length);
    if (p == NULL || piece->as != BOURSE_AS_DECIMAL) return NULL;
    p = flat_decimal(v, p, (bourse_decimal *)(void *)((char *)out + piece->offset));
    if (p == NULL) return NULL;
  }
  return form_text(p, v->end, form->end, form->end_length);
}

/* Levels that are objects; of a message a few. */
static const char *form_levels(bourse_decoder *decoder, view *v, const bourse_form *form, const char *p,
                               bourse_level_list *out) {
  uint32_t capacity = 0;
  *out = (bourse_level_list){NULL, 0, 0};
  if (v->end - p < 2 || *p != '[') return NULL;
  if (p[1] == ']') return p + 2;
  do {
    if (out->count == capacity) {
      capacity = capacity == 0 ? LEVELS_FIRST : capacity * 2;
      bourse_level *levels = bourse__arena_take_aligned(decoder->arena, capacity * sizeof *levels);
      if (levels == NULL) return NULL;
      if (out->count > 0) memcpy(levels, out->levels, out->count * sizeof *levels);
      out->levels = levels;
    }
    p = form_level(v, form, p + 1, &out->levels[out->count++]);
    if (p == NULL || p == v->end) return NULL;
  } while (*p == ',');
  return *p == ']' ? p + 1 : NULL;
}

SCAN_INLINE const char *form_value(bourse_decoder *decoder, view *v, const bourse_piece *piece, const char *p,
                                   char *member) {
  switch (piece->as) {
    case BOURSE_AS_DECIMAL: return flat_decimal(v, p, (bourse_decimal *)(void *)member);
    case BOURSE_AS_INT64: return flat_integer(v, p, 1, (int64_t *)(void *)member);
    case BOURSE_AS_TIME_MS: return flat_integer(v, p, 1000000, (int64_t *)(void *)member);
    case BOURSE_AS_TIME_ISO: return flat_time(v, p, (int64_t *)(void *)member);
    case BOURSE_AS_SLICE: return flat_slice(v, p, (bourse_slice *)(void *)member);
    case BOURSE_AS_ID: return flat_id(v, p, decoder->arena, (const char **)(void *)member);
    case BOURSE_AS_BOOL: return flat_bool(p, v->end, (int32_t *)(void *)member);
    case BOURSE_AS_LEVELS:
      return piece->level == NULL ? flat_levels(decoder, p, (bourse_level_list *)(void *)member)
                                  : form_levels(decoder, v, piece->level, p, (bourse_level_list *)(void *)member);
    default: return flat_pass(v, p);
  }
}

int32_t bourse_decode_form(bourse_decoder *decoder, const bourse_form *form, void *out) {
  const bourse_piece *piece = form->pieces, *const last = piece + form->count;
  const char *p = decoder->json.cursor, *const end = decoder->json.end;
  view v;
  v.w = window_of(decoder);
  v.end = end;
  v.copied = 0;
  for (; piece != last; piece++) {
    if (end - p <= piece->length || !scan_same(p, piece->text, piece->length)) return 0;
    p = form_value(decoder, &v, piece, p + piece->length, (char *)out + piece->offset);
    if (p == NULL) return 0;
  }
  if (form_text(p, end, form->end, form->end_length) != end) return 0;
  decoder->json.cursor = end;
  return 1;
}
