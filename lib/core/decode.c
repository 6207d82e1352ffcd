#include <bourse/error.h>
#include <bourse/market.h>
#include <bourse/sys/decode.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/decimal.h"
#include "core/decode.h"
#include "core/decode_parts.h"
#include "core/time.h"

#define GIVEN_SHOWN    48  /* bytes of a bad value that an error quotes */
#define REASON_SIZE    96  /* an error's text without the name */
#define ENUM_TEXT_SIZE 128 /* longer words are in no name list */
#define FIELDS_MAX     64

void bourse_decode_init(bourse_decoder *decoder, bourse_arena *arena, const char *bytes, size_t length,
                        void *user_data) {
  decoder->json = (bourse_json){.begin = bytes, .cursor = bytes, .end = length == 0 ? bytes : bytes + length};
  decoder->arena = arena;
  decoder->user_data = user_data;
  decoder->error = BOURSE_OK;
  decoder->error_row = decoder->row_depth = decoder->padded = 0;
  decoder->error_text[0] = '\0';
}

int32_t bourse__decode_init_padded(bourse_decoder *decoder, bourse_arena *arena, const char *bytes, size_t length,
                                   void *user_data) {
  char *copy = bourse__arena_take(arena, length + (size_t)2 * DECODE_PADDING);
  if (copy != NULL) {
    memset(copy, 0, DECODE_PADDING);
    memcpy(copy + DECODE_PADDING, bytes, length);
    memset(copy + DECODE_PADDING + length, 0, DECODE_PADDING);
    bytes = copy + DECODE_PADDING;
  }
  bourse_decode_init(decoder, arena, bytes, length, user_data);
  return (int32_t)(decoder->padded = copy != NULL);
}

/* Ends the decoding with the first error. */
static int32_t stop(bourse_decoder *decoder, int32_t code, const char *name, const char *text) {
  if (decoder->error == BOURSE_OK) {
    decoder->error = code;
    snprintf(decoder->error_text, sizeof decoder->error_text, "%.60s%s%s", name, name[0] == '\0' ? "" : ": ", text);
  }
  bourse_json_fail(&decoder->json, "refused by the decoder");
  return decoder->error;
}

int32_t bourse_decode_fail(bourse_decoder *decoder, int32_t code, const char *name, const char *message) {
  return stop(decoder, code, name == NULL ? "" : name, message);
}

const char *bourse__decode_stop_memory(bourse_decoder *decoder, const char *name) {
  stop(decoder, BOURSE_ERROR_MEMORY, name, "memory is out");
  return NULL;
}

/* For a value that its rule refuses; quotes what was given. */
static const char *stop_value(bourse_decoder *decoder, const char *name, const char *what, bourse_slice given) {
  char text[REASON_SIZE], shown[GIVEN_SHOWN + 4];
  size_t n = 0;
  for (; n < given.length && n < GIVEN_SHOWN; n++)
    shown[n] = (char)(given.data[n] >= 0x20 && given.data[n] < 0x7F ? given.data[n] : '?');
  memcpy(shown + n, given.length > n ? "..." : "", given.length > n ? 4 : 1);
  snprintf(text, sizeof text, "%s: %s", what, shown);
  stop(decoder, BOURSE_ERROR_BAD_REPLY, name, text);
  return NULL;
}

/* For what the reader found to be malformed. */
const char *bourse__decode_stop_json(bourse_decoder *decoder, const char *name) {
  char text[REASON_SIZE];
  const bourse_json *json = &decoder->json;
  snprintf(text, sizeof text, "%s at byte %zu", json->error, json->error_offset);
  stop(decoder, BOURSE_ERROR_BAD_REPLY, name, text);
  return NULL;
}

const char *bourse__decode_stop_at(bourse_decoder *decoder, const char *name, const char *place, const char *message) {
  bourse__json_fail_at(&decoder->json, place, place == decoder->json.end ? "unexpected end" : message);
  return bourse__decode_stop_json(decoder, name);
}

const char *bourse__decode_stop_missing(bourse_decoder *decoder, const char *name, const char *how) {
  char text[REASON_SIZE];
  snprintf(text, sizeof text, "required, but %s", how);
  stop(decoder, BOURSE_ERROR_BAD_REPLY, name, text);
  return NULL;
}

/* A string, number or word as it stands in the input. */
typedef struct token {
  bourse_slice text; /* of a string: between the quotes */
  int32_t is_string;
  int32_t escaped;
} token;

/* The text of a name or value copied into the arena, with its NUL. */
static inline char *copy_text(bourse_decoder *decoder, const char *text, size_t length) {
  bourse_arena *arena = decoder->arena;
  if (length <= 16 && decoder->json.end - text >= 16 && arena->end - arena->cursor > 16) {
    char *copy = arena->cursor;
    memcpy(copy, text, 16); /* one load and store; what is too much is overwritten or unused */
    copy[length] = '\0';
    arena->cursor += length + 1;
    return copy;
  }
  return bourse_arena_copy(arena, text, length);
}

/* A C string cannot hold U+0000. */
static char *copy_escaped(bourse_decoder *decoder, const char *name, bourse_slice text) {
  char *copy = bourse__arena_take(decoder->arena, text.length + 1);
  if (copy == NULL) {
    bourse__decode_stop_memory(decoder, name);
    return NULL;
  }
  int64_t length = bourse_json_unescape(copy, text); /* the reader has checked the escapes */
  if (memchr(copy, '\0', (size_t)length) != NULL) {
    stop_value(decoder, name, "holds a NUL", text);
    return NULL;
  }
  copy[length] = '\0';
  return copy;
}

static int32_t store_string(bourse_decoder *decoder, const char *name, const token *t, const char **member) {
  char *copy = t->escaped ? copy_escaped(decoder, name, t->text) : copy_text(decoder, t->text.data, t->text.length);
  if (copy == NULL) bourse__decode_stop_memory(decoder, name);
  *member = copy;
  return copy != NULL;
}

static int32_t is_integer_text(bourse_slice text) {
  size_t i = text.length > 1 && text.data[0] == '-' ? 1 : 0;
  for (; i < text.length; i++)
    if (!scan_is_digit(text.data[i])) return 0;
  return 1;
}

/* Exact nanoseconds; what is finer than a nanosecond is cut off. */
static int32_t time_ns(int64_t *out_ns, const bourse_decimal *value, int32_t unit_power) {
  bourse_decimal scaled;
  int32_t code = bourse_decimal_round(&scaled, value, unit_power, BOURSE_ROUND_DOWN);
  if (code != BOURSE_OK) return code;
  scaled.exponent += unit_power;
  return bourse_decimal_to_int64(out_ns, &scaled);
}

static int32_t unit_power(int32_t as) {
  return as == BOURSE_AS_TIME_S ? 9 : as == BOURSE_AS_TIME_MS ? 6 : as == BOURSE_AS_TIME_US ? 3 : 0;
}

/* The rules that begin with a number: DECIMAL, INT64, INT32 and the times. */
static int32_t store_number(bourse_decoder *decoder, int32_t as, const char *name, const token *t, void *member) {
  bourse_decimal value;
  int64_t integer;
  int32_t code = bourse__decimal_scan(&value, t->text.data, t->text.length);
  if (code != BOURSE_OK) {
    stop_value(decoder, name, code == BOURSE_ERROR_OVERFLOW ? "number out of range" : "not a number", t->text);
    return 0;
  }
  if (as == BOURSE_AS_DECIMAL) {
    memcpy(member, &value, sizeof value);
    return 1;
  }
  if (as == BOURSE_AS_INT64 || as == BOURSE_AS_INT32) {
    code = bourse_decimal_to_int64(&integer, &value);
    if (code == BOURSE_OK && as == BOURSE_AS_INT32 && (integer < INT32_MIN || integer > INT32_MAX))
      code = BOURSE_ERROR_OVERFLOW;
    if (code != BOURSE_OK) {
      bourse_decimal whole;
      int32_t exact = bourse_decimal_round(&whole, &value, 0, BOURSE_ROUND_DOWN) != BOURSE_OK ||
                      bourse_decimal_compare(&whole, &value) == 0;
      stop_value(decoder, name, exact ? "integer out of range" : "not an integer", t->text);
      return 0;
    }
    int32_t small = (int32_t)integer;
    if (as == BOURSE_AS_INT64)
      memcpy(member, &integer, sizeof integer);
    else
      memcpy(member, &small, sizeof small);
    return 1;
  }
  if (time_ns(&integer, &value, unit_power(as)) != BOURSE_OK) {
    stop_value(decoder, name, "time out of range", t->text);
    return 0;
  }
  memcpy(member, &integer, sizeof integer);
  return 1;
}

static int32_t enum_value(const token *t, const bourse_name *names) {
  char plain[ENUM_TEXT_SIZE];
  if (!t->escaped) return bourse_name_value(names, t->text);
  if (t->text.length > sizeof plain) return 0;
  int64_t length = bourse_json_unescape(plain, t->text);
  return length < 0 ? 0 : bourse_name_value(names, (bourse_slice){plain, (size_t)length});
}

static int32_t bool_value(const token *t) {
  if (!t->is_string) return BOURSE_UNSET;
  if (bourse_slice_is(t->text, "true") || bourse_slice_is(t->text, "TRUE")) return BOURSE_YES;
  return bourse_slice_is(t->text, "false") || bourse_slice_is(t->text, "FALSE") ? BOURSE_NO : BOURSE_UNSET;
}

/* Stores a string or number by its rule. */
static int32_t store_token(bourse_decoder *decoder, int32_t as, const void *extra, const char *name, const token *t,
                           void *member) {
  const char *refused = NULL;
  int64_t integer;
  int32_t value;
  switch (as) {
    case BOURSE_AS_STRING:
      if (t->is_string) return store_string(decoder, name, t, member);
      refused = "not a string";
      break;
    case BOURSE_AS_ID:
      if (t->is_string || is_integer_text(t->text)) return store_string(decoder, name, t, member);
      refused = "not an integer";
      break;
    case BOURSE_AS_TIME_ISO:
      if (!t->is_string || bourse__time_parse(&integer, t->text.data, t->text.length) != BOURSE_OK)
        refused = "not a time";
      else
        memcpy(member, &integer, sizeof integer);
      break;
    case BOURSE_AS_BOOL:
      value = bool_value(t);
      if (value == BOURSE_UNSET)
        refused = "neither true nor false";
      else
        memcpy(member, &value, sizeof value);
      break;
    case BOURSE_AS_ENUM:
      value = enum_value(t, extra);
      if (!t->is_string && !is_integer_text(t->text))
        refused = "not a string or integer";
      else
        memcpy(member, &value, sizeof value);
      break;
    case BOURSE_AS_SLICE: memcpy(member, &t->text, sizeof t->text); break;
    default: return store_number(decoder, as, name, t, member);
  }
  if (refused != NULL) stop_value(decoder, name, refused, t->text);
  return refused == NULL;
}

static const char *rule_wants(int32_t as) {
  switch (as) {
    case BOURSE_AS_STRING: return "not a string";
    case BOURSE_AS_ID: return "not a string or integer";
    case BOURSE_AS_BOOL: return "neither true nor false";
    case BOURSE_AS_TIME_ISO: return "not a time";
    case BOURSE_AS_ENUM: return "not a string or integer";
    case BOURSE_AS_SLICE: return "not a string or number";
    case BOURSE_AS_OBJECT: return "not an object";
    default: return "not a number";
  }
}

/* A value by the rules that take any kind, or that hand over to something else. The reader's cursor is at the value. */
static const char *read_whole(bourse_decoder *decoder, const bourse_field *field, const char *p, void *member) {
  bourse_json *json = &decoder->json;
  if (field->as == BOURSE_AS_OBJECT) {
    if (*p != '{') {
      const char *end = bourse__json_value_end(json, p);
      if (end == NULL) return bourse__decode_stop_json(decoder, field->name);
      return stop_value(decoder, field->name, rule_wants(field->as), (bourse_slice){p, (size_t)(end - p)});
    }
    return bourse_decode_object(decoder, field->extra, member) == BOURSE_OK ? json->cursor : NULL;
  }
  if (field->as == BOURSE_AS_CUSTOM) {
    int32_t code = field->custom(decoder, member);
    if (decoder->error != BOURSE_OK) return NULL;
    if (json->error != NULL) return bourse__decode_stop_json(decoder, field->name);
    if (code == BOURSE_OK) return json->cursor;
    stop(decoder, code, field->name, "refused");
    return NULL;
  }
  const char *end = bourse__json_value_end(json, p);
  if (end == NULL) return bourse__decode_stop_json(decoder, field->name);
  bourse_slice bytes = {p, (size_t)(end - p)};
  if (field->as == BOURSE_AS_RAW) memcpy(member, &bytes, sizeof bytes);
  return end;
}

/* Any value by any rule, the general way. `p` stands on its first byte. */
static const char *read_any(bourse_decoder *decoder, const bourse_field *field, const char *p, void *member) {
  bourse_json *json = &decoder->json;
  int32_t as = field->as;
  json->cursor = p;
  if (*p == 'n') {
    const char *end = bourse__json_value_end(json, p);
    if (end == NULL) return bourse__decode_stop_json(decoder, field->name);
    return (field->flags & BOURSE_FIELD_REQUIRED) != 0 ? bourse__decode_stop_missing(decoder, field->name, "null")
                                                       : end;
  }
  if (*p == '"' && json->end - p > 1 && p[1] == '"') {
    if ((field->flags & BOURSE_FIELD_REQUIRED) != 0) return bourse__decode_stop_missing(decoder, field->name, "empty");
    if (as != BOURSE_AS_STRING && as != BOURSE_AS_SLICE && as != BOURSE_AS_RAW) return p + 2;
  }
  if (as >= BOURSE_AS_RAW) return read_whole(decoder, field, p, member);
  const char *end;
  token t = {{p, 0}, *p == '"', 0};
  if (t.is_string) {
    const char *close = scan_string(json, p + 1, &t.escaped);
    if (close == NULL) return bourse__decode_stop_json(decoder, field->name);
    t.text = (bourse_slice){p + 1, (size_t)(close - p - 1)};
    end = close + 1;
  } else {
    end = bourse__json_value_end(json, p);
    if (end == NULL) return bourse__decode_stop_json(decoder, field->name);
    t.text.length = (size_t)(end - p);
    if (as == BOURSE_AS_BOOL && (*p == 't' || *p == 'f')) {
      int32_t value = *p == 't' ? BOURSE_YES : BOURSE_NO;
      memcpy(member, &value, sizeof value);
      return end;
    }
    if (*p != '-' && !scan_is_digit(*p)) return stop_value(decoder, field->name, rule_wants(as), t.text);
  }
  return store_token(decoder, as, field->extra, field->name, &t, member) ? end : NULL;
}

/* The functions below that end in _fast read the common form of a value at a place in the window. They return the place
 * behind it; NULL: it has another form, and nothing was stored. */
SCAN_INLINE const char *integer_fast(const char *p, int32_t as, int64_t *out) {
  static const struct {
    int64_t unit;
    uint64_t limit;
  } rules[] = {[BOURSE_AS_INT64] = {1, INT64_MAX},
               [BOURSE_AS_TIME_S] = {1000000000, INT64_MAX / 1000000000},
               [BOURSE_AS_TIME_MS] = {1000000, INT64_MAX / 1000000},
               [BOURSE_AS_TIME_US] = {1000, INT64_MAX / 1000},
               [BOURSE_AS_TIME_NS] = {1, INT64_MAX}};
  digits d;
  int32_t negative;
  p = digits_number(&d, &negative, p);
  if (p == NULL || d.decimals != 0 || d.value > rules[as].limit) return NULL;
  int64_t value = (int64_t)d.value * rules[as].unit;
  *out = negative ? -value : value;
  return p;
}

/* `*length` bytes from p + 1 on. */
SCAN_INLINE const char *quoted_fast(const char *p, const char *end, size_t *length) {
  if (*p != '"') return NULL;
  const char *close = scan_plain_16(p + 1, end);
  if (close == end || *close != '"' || close == p + 1) return NULL;
  *length = (size_t)(close - p - 1);
  return close + 1;
}

/* When memory is out the general way finds that again and says so. */
SCAN_INLINE const char *string_fast(bourse_decoder *decoder, const char *p, const char *end, const char **out) {
  size_t length;
  const char *behind = quoted_fast(p, end, &length);
  const char *copy = behind == NULL ? NULL : copy_text(decoder, p + 1, length);
  if (copy == NULL) return NULL;
  *out = copy;
  return behind;
}

SCAN_INLINE const char *id_fast(bourse_decoder *decoder, const char *p, const char *end, const char **out) {
  if (*p == '"') return string_fast(decoder, p, end, out);
  uint32_t length = digits_count(p);
  if (length == 0 || *p == '0' || (p[length] != ',' && p[length] != '}' && p[length] != ']')) return NULL;
  const char *copy = copy_text(decoder, p, length);
  if (copy == NULL) return NULL;
  *out = copy;
  return p + length;
}

SCAN_INLINE const char *bool_fast(const char *p, int32_t *out) {
  if (scan_load32(p) == scan_load32("true")) {
    *out = BOURSE_YES;
    return p + 4;
  }
  if (*p != 'f' || scan_load32(p + 1) != scan_load32("alse")) return NULL;
  *out = BOURSE_NO;
  return p + 5;
}

SCAN_INLINE const char *enum_fast(const char *p, const char *end, const bourse_name *names, int32_t *out) {
  size_t length;
  const char *behind = quoted_fast(p, end, &length);
  if (behind != NULL) *out = bourse_name_value(names, (bourse_slice){p + 1, length});
  return behind;
}

/* Seconds, a point and a few decimals, and Z. */
SCAN_INLINE const char *time_fast(const char *p, window w, const char *end, int64_t *out) {
  int64_t seconds, fraction;
  if (*p != '"' || end - p < 22 || !bourse__time_seconds(&seconds, p + 1) || !in_window(w, p + 21)) return NULL;
  p = digits_fraction(p + 20, &fraction);
  if (p != NULL) *out = seconds * 1000000000 + fraction;
  return p;
}

/* A string without escapes, or a whole number. */
SCAN_INLINE const char *slice_fast(const char *p, const char *end, bourse_slice *out) {
  if (*p == '"') {
    size_t length;
    const char *behind = quoted_fast(p, end, &length);
    if (behind != NULL) *out = (bourse_slice){p + 1, length};
    return behind;
  }
  uint32_t length = digits_count(p);
  if (length == 0 || *p == '0' || (p[length] != ',' && p[length] != '}' && p[length] != ']')) return NULL;
  *out = (bourse_slice){p, length};
  return p + length;
}

/* Up to fifteen digits at p, which need not be in the window; NULL: none, or more. */
SCAN_INLINE const char *pass_digits(const char *p, window w) {
  uint32_t length = in_window(w, p) ? digits_count(p) : 0;
  return length == 0 || length == 16 ? NULL : p + length;
}

/* A number that is dropped, with an exponent or not. */
SCAN_INLINE const char *number_fast(const char *p, window w) {
  p += *p == '-';
  const char *first = p;
  p = pass_digits(p, w);
  if (p == NULL || (*first == '0' && p - first > 1)) return NULL;
  if (*p == '.' && (p = pass_digits(p + 1, w)) == NULL) return NULL;
  if ((*p | 0x20) == 'e' && (p = pass_digits(p + (p[1] == '-' || p[1] == '+') + 1, w)) == NULL) return NULL;
  return *p == ',' || *p == '}' || *p == ']' ? p : NULL;
}

/* A value that is dropped: a string without escapes, a number of few digits, true or false. */
SCAN_INLINE const char *check_fast(const char *p, window w, const char *end) {
  int32_t value;
  size_t length;
  if (*p == '"') return quoted_fast(p, end, &length);
  if (*p == 't' || *p == 'f') return bool_fast(p, &value);
  return number_fast(p, w);
}

/* Any value by any rule, at p. What is not in its common form is read from its beginning again by read_any, which is
 * also where every error is found. */
SCAN_INLINE const char *read_value(bourse_decoder *decoder, const bourse_field *field, const char *p, window w,
                                   const char *end, void *member) {
  const char *behind = NULL;
  if (in_window(w, p) && field->as == BOURSE_AS_DECIMAL) { /* the most frequent by far */
    behind = digits_decimal(p, member);
  } else if (in_window(w, p)) {
    switch (field->as) {
      case BOURSE_AS_INT64:
      case BOURSE_AS_TIME_S:
      case BOURSE_AS_TIME_MS:
      case BOURSE_AS_TIME_US:
      case BOURSE_AS_TIME_NS: behind = integer_fast(p, field->as, member); break;
      case BOURSE_AS_STRING: behind = string_fast(decoder, p, end, member); break;
      case BOURSE_AS_ID: behind = id_fast(decoder, p, end, member); break;
      case BOURSE_AS_BOOL: behind = bool_fast(p, member); break;
      case BOURSE_AS_ENUM: behind = enum_fast(p, end, field->extra, member); break;
      case BOURSE_AS_TIME_ISO: behind = time_fast(p, w, end, member); break;
      case BOURSE_AS_SLICE: behind = slice_fast(p, end, member); break;
      case BOURSE_AS_CHECK: behind = check_fast(p, w, end); break;
      default: break;
    }
  }
  return behind != NULL ? behind : read_any(decoder, field, p, member);
}

/* Passes over any value at p. */
SCAN_INLINE const char *pass_value(bourse_decoder *decoder, const char *p, window w, const char *end) {
  const char *behind = NULL;
  if (in_window(w, p)) {
    if (*p == '"') {
      behind = scan_plain_16(p + 1, end);
      behind = behind < end && *behind == '"' ? behind + 1 : NULL;
    } else {
      behind = check_fast(p, w, end);
    }
  }
  if (behind == NULL) behind = bourse__json_value_end(&decoder->json, p);
  return behind != NULL ? behind : bourse__decode_stop_json(decoder, "");
}

/* Index of the field of that name, searched from the expected one on and around; the count of the table when it has
 * none. */
static uint32_t find_field(const bourse_table *table, const char *name, size_t length, uint32_t expected) {
  const bourse_field *const first = table->fields, *const start = first + expected, *const last = first + table->count;
  for (const bourse_field *field = start; field != last; field++)
    if (field->name_length == length && scan_same(name, field->name, length)) return (uint32_t)(field - first);
  for (const bourse_field *field = first; field != start; field++)
    if (field->name_length == length && scan_same(name, field->name, length)) return (uint32_t)(field - first);
  return table->count;
}

/* Reads the key at p and sets *index to its field. Returns the place behind the key. */
SCAN_INLINE const char *read_key(bourse_decoder *decoder, const bourse_table *table, const char *p, window w,
                                 uint32_t expected, uint32_t *index) {
  bourse_json *json = &decoder->json;
  const char *end = json->end, *close = NULL;
  int32_t escaped;
  if (p == end || *p != '"') return bourse__decode_stop_at(decoder, "", p, "expected a key");
  if (in_window(w, p)) close = scan_plain_16(p + 1, end);
  if (close == NULL || close == end || *close != '"') close = scan_string(json, p + 1, &escaped);
  if (close == NULL) return bourse__decode_stop_json(decoder, "");
  *index = find_field(table, p + 1, (size_t)(close - p - 1), expected);
  return close + 1;
}

/* From behind a key to the first byte of the value. */
static const char *pass_colon(bourse_decoder *decoder, const char *p) {
  const char *end = decoder->json.end;
  p = scan_space(p, end);
  if (p == end || *p != ':') return bourse__decode_stop_at(decoder, "", p, "expected ':'");
  p = scan_space(p + 1, end);
  return p < end ? p : bourse__decode_stop_at(decoder, "", p, "");
}

/* From behind a value to the next key or element; *closed becomes 1, and the place is behind it, when the container
 * ends. */
const char *bourse__decode_comma(bourse_decoder *decoder, const char *p, char close, int32_t *closed) {
  const char *end = decoder->json.end;
  p = scan_space(p, end);
  if (p < end && *p == ',') return scan_space(p + 1, end);
  if (p == end || *p != close)
    return bourse__decode_stop_at(decoder, "", p, close == '}' ? "expected ',' or '}'" : "expected ',' or ']'");
  *closed = 1;
  return p + 1;
}

/* Returns p, or NULL when a required field was not seen. */
static inline const char *check_required(bourse_decoder *decoder, const bourse_table *table, uint64_t seen,
                                         const char *p) {
  uint64_t missing = table->count == 0 ? 0 : ~seen & ~UINT64_C(0) >> (FIELDS_MAX - table->count);
  for (; missing != 0; missing &= missing - 1) {
    const bourse_field *field = &table->fields[scan_lowest_bit64(missing)];
    if ((field->flags & BOURSE_FIELD_REQUIRED) != 0)
      return bourse__decode_stop_missing(decoder, field->name, "missing");
  }
  return p;
}

/* The member at p, which is not the expected one: one further on where some were sent before their turn, or any other. Sets
 * *at to its index, or the count of the table, and returns the place of the value. */
SCAN_INLINE const char *find_member(bourse_decoder *decoder, const bourse_table *table, const char *p, window w,
                                    uint64_t seen, uint32_t *at) {
  const char *const end = decoder->json.end;
  const uint32_t expected = *at;
  uint32_t next = expected;
  while (next < table->count && (seen >> next & 1) != 0) next++;
  size_t skipped = next != expected && next < table->count ? decode_member_length(p, w, &table->fields[next]) : 0;
  if (skipped != 0) {
    *at = next;
    return p + skipped;
  }
  p = read_key(decoder, table, p, w, expected, at);
  if (p == NULL) return NULL;
  if (end - p > 1 && *p == ':' && (uint8_t)p[1] > ' ') return p + 1;
  return pass_colon(decoder, p);
}

static const char *find_member_of_padded(bourse_decoder *decoder, const bourse_table *table, const char *p,
                                         uint64_t seen, uint32_t *at) {
  return find_member(decoder, table, p, (window){NULL, 0, 1}, seen, at);
}

SCAN_INLINE const char *members(bourse_decoder *decoder, const bourse_table *table, const char *p, window w,
                                char *out) {
  const char *const end = decoder->json.end;
  const bourse_field *field = table->fields, *const last = field + table->count;
  uint64_t seen = 0, bit = 1;
  int32_t closed = 0;
  p = scan_space(p, end);
  if (p < end && *p == '}') return check_required(decoder, table, 0, p + 1);
  for (;;) {
    size_t skipped = field != last ? decode_member_length(p, w, field) : 0;
    if (skipped != 0) {
      p += skipped;
    } else {
      uint32_t at = (uint32_t)(field - table->fields);
      p = w.everywhere ? find_member_of_padded(decoder, table, p, seen, &at)
                       : find_member(decoder, table, p, w, seen, &at);
      if (p == NULL) return NULL;
      if (at == table->count) {
        p = pass_value(decoder, p, w, end);
        goto behind;
      }
      field = table->fields + at;
      bit = (uint64_t)1 << at;
    }
    if ((seen & bit) != 0) {
      stop(decoder, BOURSE_ERROR_BAD_REPLY, field->name, "comes twice");
      return NULL;
    }
    seen |= bit;
    p = read_value(decoder, field, p, w, end, out + field->offset);
    field++;
    bit <<= 1;
  behind:
    if (p == NULL) return NULL;
    if ((w.everywhere || end - p > 1) && scan_load16(p) == scan_load16(",\"")) {
      p++;
      continue;
    }
    p = bourse__decode_comma(decoder, p, '}', &closed);
    if (p == NULL) return NULL;
    if (closed) return check_required(decoder, table, seen, p);
  }
}

static const char *members_of_padded(bourse_decoder *decoder, const bourse_table *table, const char *p, char *out) {
  return members(decoder, table, p, (window){NULL, 0, 1}, out);
}

static const char *members_of_any(bourse_decoder *decoder, const bourse_table *table, const char *p, char *out) {
  return members(decoder, table, p, window_of(decoder), out);
}

/* The members of an object whose brace is open. Returns the place behind its end. */
const char *bourse__decode_members(bourse_decoder *decoder, const bourse_table *table, const char *p, char *out) {
  return decoder->padded ? members_of_padded(decoder, table, p, out) : members_of_any(decoder, table, p, out);
}

/* What a table must be for the code above. */
int32_t bourse__decode_table_fits(bourse_decoder *decoder, const bourse_table *table) {
  if (table->count <= FIELDS_MAX) return 1;
  stop(decoder, BOURSE_ERROR_INTERNAL, "", "a decoding table has over 64 fields");
  return 0;
}

int32_t bourse_decode_object(bourse_decoder *decoder, const bourse_table *table, void *out) {
  bourse_json *json = &decoder->json;
  const char *p = json->cursor;
  if (!bourse__decode_table_fits(decoder, table)) return decoder->error;
  if (p < json->end && *p == '{' && json->depth < BOURSE_JSON_DEPTH_MAX) { /* as bourse_json_object_begin */
    json->depth++;
    p++;
  } else if (bourse_json_object_begin(json)) {
    p = json->cursor;
  } else {
    bourse__decode_stop_json(decoder, "");
    return decoder->error;
  }
  p = bourse__decode_members(decoder, table, p, out);
  if (p == NULL) return decoder->error;
  json->cursor = p;
  json->depth--;
  json->first = 0;
  return BOURSE_OK;
}

int32_t bourse_decode_object_by_order(bourse_decoder *decoder, const bourse_table *tables, uint32_t count, void *out) {
  const char *p = decoder->json.cursor;
  const size_t left = (size_t)(decoder->json.end - p);
  for (uint32_t i = 1; i < count; i++) {
    const bourse_field *first = tables[i].fields;
    size_t length = first->name_length + (size_t)3;
    if (length < left && scan_same(p + 1, first->quoted, length)) return bourse_decode_object(decoder, &tables[i], out);
  }
  return bourse_decode_object(decoder, &tables[0], out);
}

static const char *read_elements(bourse_decoder *decoder, const bourse_table *table, const char *p, char *out) {
  const char *const end = decoder->json.end;
  const window w = window_of(decoder);
  uint64_t seen = 0;
  int32_t closed = 0;
  p = scan_space(p, end);
  if (p < end && *p == ']') return check_required(decoder, table, 0, p + 1);
  for (uint32_t i = 0; !closed; i++) {
    if (p == end) return bourse__decode_stop_at(decoder, "", p, "");
    if (i < table->count && table->fields[i].name_length != 0) {
      seen |= (uint64_t)1 << i;
      p = read_value(decoder, &table->fields[i], p, w, end, out + table->fields[i].offset);
    } else {
      p = pass_value(decoder, p, w, end);
    }
    if (p == NULL) return NULL;
    if (end - p > 1 && *p == ',' && (uint8_t)p[1] > ' ')
      p++;
    else
      p = bourse__decode_comma(decoder, p, ']', &closed);
    if (p == NULL) return NULL;
  }
  return check_required(decoder, table, seen, p);
}

int32_t bourse_decode_row(bourse_decoder *decoder, const bourse_table *table, void *out) {
  bourse_json *json = &decoder->json;
  if (!bourse__decode_table_fits(decoder, table)) return decoder->error;
  if (!bourse_json_array_begin(json)) {
    bourse__decode_stop_json(decoder, "");
    return decoder->error;
  }
  const char *p = read_elements(decoder, table, json->cursor, out);
  if (p == NULL) return decoder->error;
  json->cursor = p;
  json->depth--;
  json->first = 0;
  return BOURSE_OK;
}

int32_t bourse_decode_value(bourse_decoder *decoder, int32_t as, const void *extra, const char *name, void *member) {
  bourse_json *json = &decoder->json;
  if (as < BOURSE_AS_STRING || as > BOURSE_AS_CHECK || as == BOURSE_AS_CUSTOM)
    return stop(decoder, BOURSE_ERROR_INTERNAL, name, "no such decoding rule");
  bourse_field field = {name, 0, 0, (uint16_t)as, 0, extra, NULL, NULL};
  if (bourse_json_kind(json) == BOURSE_JSON_ERROR) {
    bourse__decode_stop_json(decoder, name);
    return decoder->error;
  }
  const char *p = read_value(decoder, &field, json->cursor, window_of(decoder), json->end, member);
  if (p == NULL) return decoder->error;
  json->cursor = p;
  return BOURSE_OK;
}

const char *bourse__decode_value_at(bourse_decoder *decoder, const bourse_field *field, const char *p, void *member) {
  return read_any(decoder, field, p, member);
}

int32_t bourse_decode_array_begin(bourse_decoder *decoder, const char *name) {
  bourse_json *json = &decoder->json;
  if (!bourse_json_array_begin(json)) {
    bourse__decode_stop_json(decoder, name);
    return decoder->error;
  }
  if (decoder->row_depth == 0) decoder->row_depth = json->depth;
  return BOURSE_OK;
}

int32_t bourse_decode_array_next(bourse_decoder *decoder) {
  bourse_json *json = &decoder->json;
  const char *p = json->cursor;
  int32_t counts = json->depth == decoder->row_depth && !json->first;
  if (!json->first && json->end - p > 1 && scan_load16(p) == scan_load16(",{")) {
    json->cursor = p + 1;
  } else if (p < json->end && *p == '{' && json->first) {
    json->first = 0;
  } else if (p < json->end && *p == ']' && json->depth > 0) {
    json->cursor = p + 1;
    json->depth--;
    json->first = 0;
    return 0;
  } else if (!bourse_json_array_next(json)) {
    if (json->error != NULL) bourse__decode_stop_json(decoder, "");
    return 0;
  }
  decoder->error_row += (uint32_t)counts;
  return 1;
}

int32_t bourse_decode_finish(bourse_decoder *decoder) {
  const bourse_json *json = &decoder->json;
  if (decoder->error == BOURSE_OK && json->cursor == json->end && json->end != json->begin && json->depth == 0 &&
      json->error == NULL)
    return BOURSE_OK;
  if (decoder->error == BOURSE_OK && bourse_json_finish(&decoder->json) != BOURSE_OK)
    bourse__decode_stop_json(decoder, "");
  return decoder->error;
}

/* Counts first, on a copy of the reader: such lists are short, and their strings go into the same arena. */
int32_t bourse_decode_strings(bourse_decoder *decoder, const char *const **out, uint32_t *out_count) {
  bourse_json *json = &decoder->json;
  bourse_json ahead = *json;
  uint32_t count = 0;
  *out = NULL;
  *out_count = 0;
  if (bourse_json_array_begin(&ahead))
    while (bourse_json_array_next(&ahead) && bourse_json_skip(&ahead)) count++;
  const char **strings = bourse_arena_alloc(decoder->arena, (count + (size_t)1) * sizeof *strings);
  if (strings == NULL) {
    bourse__decode_stop_memory(decoder, "strings");
    return decoder->error;
  }
  if (!bourse_json_array_begin(json)) {
    bourse__decode_stop_json(decoder, "strings");
    return decoder->error;
  }
  for (uint32_t i = 0; bourse_json_array_next(json); i++) {
    token t = {{NULL, 0}, 1, 0};
    if (!bourse_json_string(json, &t.text, &t.escaped)) break;
    if (!store_string(decoder, "strings", &t, &strings[i])) return decoder->error;
  }
  if (json->error != NULL) {
    bourse__decode_stop_json(decoder, "strings");
    return decoder->error;
  }
  *out = count == 0 ? NULL : strings;
  *out_count = count;
  return BOURSE_OK;
}
