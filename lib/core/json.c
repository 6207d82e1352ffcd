#include <bourse/error.h>
#include <bourse/sys/json.h>

#include "core/scan.h"

static const char text_end[] = "unexpected end";
static const char text_value[] = "expected a value";
static const char text_literal[] = "malformed literal";
static const char text_depth[] = "nested too deep";

void bourse_json_init(bourse_json *json, const char *bytes, size_t length) {
  memset(json, 0, sizeof *json);
  json->begin = json->cursor = bytes;
  json->end = length == 0 ? bytes : bytes + length;
}

const char *bourse__json_fail_at(bourse_json *json, const char *place, const char *message) {
  if (json->error == NULL) {
    json->error = message;
    json->error_offset = place == json->begin ? 0 : (size_t)(place - json->begin);
  }
  json->cursor = json->end;
  return NULL;
}

int32_t bourse_json_fail(bourse_json *json, const char *message) {
  bourse__json_fail_at(json, json->cursor, message);
  return 0;
}

static const char *fail_here(bourse_json *json, const char *place, const char *message) {
  return bourse__json_fail_at(json, place, place == json->end ? text_end : message);
}

/* The place of the next value's first byte, or NULL at the end of the input. */
static const char *value_begin(bourse_json *json) {
  const char *p = scan_space(json->cursor, json->end);
  return p < json->end ? p : fail_here(json, p, text_end);
}

int32_t bourse_json_kind(bourse_json *json) {
  const char *p = value_begin(json);
  if (p == NULL) return BOURSE_JSON_ERROR;
  json->cursor = p;
  switch (*p) {
    case '{': return BOURSE_JSON_OBJECT;
    case '[': return BOURSE_JSON_ARRAY;
    case '"': return BOURSE_JSON_STRING;
    case 't': return BOURSE_JSON_TRUE;
    case 'f': return BOURSE_JSON_FALSE;
    case 'n': return BOURSE_JSON_NULL;
    default:
      if (*p == '-' || scan_is_digit(*p)) return BOURSE_JSON_NUMBER;
      bourse__json_fail_at(json, p, text_value);
      return BOURSE_JSON_ERROR;
  }
}

static int32_t begin(bourse_json *json, char open, const char *message) {
  const char *p = value_begin(json);
  if (p == NULL) return 0;
  if (*p != open || json->depth == BOURSE_JSON_DEPTH_MAX) {
    bourse__json_fail_at(json, p, *p != open ? message : text_depth);
    return 0;
  }
  json->cursor = p + 1;
  json->depth++;
  json->first = 1;
  return 1;
}

int32_t bourse_json_object_begin(bourse_json *json) { return begin(json, '{', "expected an object"); }

int32_t bourse_json_array_begin(bourse_json *json) { return begin(json, '[', "expected an array"); }

/* The place where the next element begins, or NULL when the container ended or on error. */
static const char *next(bourse_json *json, char close, const char *message) {
  const char *p = scan_space(json->cursor, json->end);
  if (p < json->end && *p == close && json->depth > 0) {
    json->cursor = p + 1;
    json->depth--;
    json->first = 0;
    return NULL;
  }
  if (!json->first) {
    if (p == json->end || *p != ',') return fail_here(json, p, message);
    p = scan_space(p + 1, json->end);
  }
  json->first = 0;
  return p < json->end ? p : fail_here(json, p, text_end);
}

int32_t bourse_json_object_next(bourse_json *json, bourse_slice *key) {
  int32_t escaped;
  const char *p = next(json, '}', "expected ',' or '}'");
  if (p == NULL) return 0;
  if (*p != '"') {
    bourse__json_fail_at(json, p, "expected a key");
    return 0;
  }
  const char *close = scan_string(json, p + 1, &escaped);
  if (close == NULL) return 0;
  *key = (bourse_slice){p + 1, (size_t)(close - p - 1)};
  p = scan_space(close + 1, json->end);
  if (p == json->end || *p != ':') {
    fail_here(json, p, "expected ':'");
    return 0;
  }
  json->cursor = p + 1;
  return 1;
}

int32_t bourse_json_array_next(bourse_json *json) {
  const char *p = next(json, ']', "expected ',' or ']'");
  if (p == NULL) return 0;
  if (*p == ']' || *p == ',') {
    bourse__json_fail_at(json, p, text_value);
    return 0;
  }
  json->cursor = p;
  return 1;
}

int32_t bourse_json_string(bourse_json *json, bourse_slice *text, int32_t *escaped) {
  const char *p = value_begin(json);
  if (p == NULL) return 0;
  if (*p != '"') {
    bourse__json_fail_at(json, p, "expected a string");
    return 0;
  }
  const char *close = scan_string(json, p + 1, escaped);
  if (close == NULL) return 0;
  *text = (bourse_slice){p + 1, (size_t)(close - p - 1)};
  json->cursor = close + 1;
  return 1;
}

int32_t bourse_json_number(bourse_json *json, bourse_slice *text) {
  const char *p = value_begin(json);
  if (p == NULL) return 0;
  if (*p != '-' && !scan_is_digit(*p)) {
    bourse__json_fail_at(json, p, "expected a number");
    return 0;
  }
  const char *end = bourse__json_number_end(json, p);
  if (end == NULL) return 0;
  *text = (bourse_slice){p, (size_t)(end - p)};
  json->cursor = end;
  return 1;
}

/* The place behind a literal, or NULL with the error set. */
static const char *literal_end(bourse_json *json, const char *p, const char *word, size_t length) {
  if ((size_t)(json->end - p) < length || memcmp(p, word, length) != 0)
    return bourse__json_fail_at(json, p, text_literal);
  return p + length;
}

int32_t bourse_json_bool(bourse_json *json, int32_t *value) {
  const char *p = value_begin(json);
  if (p == NULL) return 0;
  int32_t yes = *p == 't';
  if (!yes && *p != 'f') {
    bourse__json_fail_at(json, p, "expected true or false");
    return 0;
  }
  p = yes ? literal_end(json, p, "true", 4) : literal_end(json, p, "false", 5);
  if (p == NULL) return 0;
  json->cursor = p;
  *value = yes ? BOURSE_YES : BOURSE_NO;
  return 1;
}

int32_t bourse_json_null(bourse_json *json) {
  const char *p = scan_space(json->cursor, json->end);
  if (p == json->end || *p != 'n') return 0;
  p = literal_end(json, p, "null", 4);
  if (p == NULL) return 0;
  json->cursor = p;
  return 1;
}

int32_t bourse_json_skip(bourse_json *json) {
  bourse_slice bytes;
  return bourse_json_raw(json, &bytes);
}

int32_t bourse_json_raw(bourse_json *json, bourse_slice *bytes) {
  const char *p = value_begin(json);
  if (p == NULL) return 0;
  const char *end = bourse__json_value_end(json, p);
  if (end == NULL) return 0;
  *bytes = (bourse_slice){p, (size_t)(end - p)};
  json->cursor = end;
  return 1;
}

int32_t bourse_json_finish(bourse_json *json) {
  if (json->error == NULL) {
    const char *p = scan_space(json->cursor, json->end);
    if (json->depth != 0 || json->cursor == json->begin)
      fail_here(json, p, "not read to its end");
    else if (p != json->end)
      bourse__json_fail_at(json, p, "bytes after the value");
  }
  return json->error == NULL ? BOURSE_OK : BOURSE_ERROR_BAD_REPLY;
}

int32_t bourse_slice_is(bourse_slice slice, const char *text) {
  if (slice.length > 0 && slice.data[0] != text[0]) return 0; /* most are of another word */
  size_t length = strlen(text);
  return slice.length == length && (length == 0 || memcmp(slice.data, text, length) == 0);
}

static char lower(char c) { return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

int32_t bourse_slice_begins(bourse_slice slice, const char *text) {
  size_t i = 0;
  while (text[i] != '\0' && i < slice.length && lower(slice.data[i]) == lower(text[i])) i++;
  return text[i] == '\0';
}

int32_t bourse_slice_contains(bourse_slice slice, const char *text) {
  size_t length = strlen(text);
  for (size_t i = 0; i + length <= slice.length; i++)
    if (bourse_slice_begins((bourse_slice){slice.data + i, slice.length - i}, text)) return 1;
  return 0;
}

bourse_slice bourse_slice_of(const char *text) {
  return (bourse_slice){text == NULL ? "" : text, text == NULL ? 0 : strlen(text)};
}

int64_t bourse_slice_int(bourse_slice slice) {
  int64_t number = 0;
  size_t i = slice.length > 0 && slice.data[0] == '-' ? 1 : 0, end = i + 15;
  for (; i < slice.length && i < end && slice.data[i] >= '0' && slice.data[i] <= '9'; i++)
    number = number * 10 + (slice.data[i] - '0');
  return slice.length > 0 && slice.data[0] == '-' ? -number : number;
}

const char *bourse__json_number_end(bourse_json *json, const char *p) {
  static const char message[] = "malformed number";
  const char *end = json->end;
  if (p < end && *p == '-') p++;
  if (p == end || !scan_is_digit(*p)) return fail_here(json, p, message);
  if (*p++ != '0')
    while (p < end && scan_is_digit(*p)) p++;
  if (p < end && *p == '.') {
    if (++p == end || !scan_is_digit(*p)) return fail_here(json, p, message);
    while (p < end && scan_is_digit(*p)) p++;
  }
  if (p < end && (*p == 'e' || *p == 'E')) {
    if (++p < end && (*p == '+' || *p == '-')) p++;
    if (p == end || !scan_is_digit(*p)) return fail_here(json, p, message);
    while (p < end && scan_is_digit(*p)) p++;
  }
  return p;
}

size_t bourse__utf8_length(const char *p, const char *end) {
  size_t room = (size_t)(end - p);
  uint8_t lead = (uint8_t)p[0];
  size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || room < length) return 0;
  uint8_t second = (uint8_t)p[1];
  uint8_t lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  uint8_t highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (second < lowest || second > highest) return 0;
  for (size_t i = 2; i < length; i++)
    if (((uint8_t)p[i] & 0xC0) != 0x80) return 0;
  return length;
}

/* Value of four hexadecimal digits, or -1. */
static int32_t hex4(const char *p, const char *end) {
  int32_t value = 0;
  if (end - p < 4) return -1;
  for (int32_t i = 0; i < 4; i++) {
    char c = p[i];
    int32_t digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
    if (digit < 0) return -1;
    value = value << 4 | digit;
  }
  return value;
}

/* Length of the escape at p, which is a backslash, and the code point it stands for; 0 when it is malformed. */
static size_t escape_length(const char *p, const char *end, int32_t *code) {
  static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
  if (end - p < 2) return 0;
  if (p[1] != 'u') {
    const char *letter = memchr(letters, p[1], sizeof letters - 1);
    if (letter == NULL) return 0;
    *code = meant[letter - letters];
    return 2;
  }
  int32_t unit = hex4(p + 2, end);
  if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) return 0;
  *code = unit;
  if (unit < 0xD800 || unit > 0xDFFF) return 6;
  if (end - p < 8 || p[6] != '\\' || p[7] != 'u') return 0;
  int32_t low = hex4(p + 8, end);
  if (low < 0xDC00 || low > 0xDFFF) return 0;
  *code = 0x10000 + ((unit - 0xD800) << 10 | (low - 0xDC00));
  return 12;
}

const char *bourse__json_string_rest(bourse_json *json, const char *p, int32_t *escaped) {
  const char *end = json->end;
  for (;; p = scan_plain(p, end)) {
    if (p == end) return bourse__json_fail_at(json, p, text_end);
    if (*p == '"') return p;
    if (*p == '\\') {
      int32_t code;
      size_t length = escape_length(p, end, &code);
      if (length == 0) return bourse__json_fail_at(json, p, "malformed escape");
      *escaped = 1;
      p += length;
    } else if ((uint8_t)*p < 0x20) {
      return bourse__json_fail_at(json, p, "control character in a string");
    } else {
      size_t length = bourse__utf8_length(p, end);
      if (length == 0) return bourse__json_fail_at(json, p, "malformed UTF-8");
      p += length;
    }
  }
}

static char *put_utf8(char *out, int32_t code) {
  if (code < 0x80) {
    *out++ = (char)code;
  } else if (code < 0x800) {
    *out++ = (char)(0xC0 | code >> 6);
    *out++ = (char)(0x80 | (code & 63));
  } else if (code < 0x10000) {
    *out++ = (char)(0xE0 | code >> 12);
    *out++ = (char)(0x80 | (code >> 6 & 63));
    *out++ = (char)(0x80 | (code & 63));
  } else {
    *out++ = (char)(0xF0 | code >> 18);
    *out++ = (char)(0x80 | (code >> 12 & 63));
    *out++ = (char)(0x80 | (code >> 6 & 63));
    *out++ = (char)(0x80 | (code & 63));
  }
  return out;
}

/* No escape is shorter than the UTF-8 it stands for, so the text's own length is room enough. */
int64_t bourse_json_unescape(char *out, bourse_slice text) {
  const char *p = text.data, *end = text.length == 0 ? p : p + text.length;
  char *begin = out;
  while (p < end) {
    const char *backslash = memchr(p, '\\', (size_t)(end - p));
    size_t plain = (size_t)((backslash == NULL ? end : backslash) - p);
    memcpy(out, p, plain);
    out += plain;
    p += plain;
    if (p == end) break;
    int32_t code;
    size_t length = escape_length(p, end, &code);
    if (length == 0) return -1;
    out = put_utf8(out, code);
    p += length;
  }
  return out - begin;
}

/* One container being passed over is one bit: 1 for an object. */
typedef struct skipper {
  bourse_json *json;
  uint64_t kinds;
  uint32_t depth;       /* open here */
  uint32_t depth_limit; /* that may be open here */
} skipper;

/* `p` stands behind ',' or '{'. Returns the place of the value behind the key. */
static inline const char *pass_key(bourse_json *json, const char *p) {
  int32_t escaped;
  p = scan_space(p, json->end);
  if (p == json->end || *p != '"') return fail_here(json, p, "expected a key");
  p = scan_string(json, p + 1, &escaped);
  if (p == NULL) return NULL;
  p = scan_space(p + 1, json->end);
  if (p == json->end || *p != ':') return fail_here(json, p, "expected ':'");
  return scan_space(p + 1, json->end);
}

/* `p` stands on '{' or '['. Returns the place of its first element's value, or behind the container when it is empty
 * and then *empty is 1. */
static const char *open_container(skipper *s, const char *p, int32_t *empty) {
  bourse_json *json = s->json;
  int32_t is_object = *p == '{';
  if (s->depth == s->depth_limit) return bourse__json_fail_at(json, p, text_depth);
  p = scan_space(p + 1, json->end);
  if (p == json->end) return bourse__json_fail_at(json, p, text_end);
  *empty = *p == (is_object ? '}' : ']');
  if (*empty) return p + 1;
  s->kinds = s->kinds << 1 | (uint64_t)is_object;
  s->depth++;
  return is_object ? pass_key(json, p) : p;
}

/* Passes over a value that is no container. */
static inline const char *pass_scalar(bourse_json *json, const char *p) {
  int32_t escaped;
  switch (*p) {
    case '"': p = scan_string(json, p + 1, &escaped); return p == NULL ? NULL : p + 1;
    case 't': return literal_end(json, p, "true", 4);
    case 'f': return literal_end(json, p, "false", 5);
    case 'n': return literal_end(json, p, "null", 4);
    default:
      if (*p != '-' && !scan_is_digit(*p)) return bourse__json_fail_at(json, p, text_value);
      return bourse__json_number_end(json, p);
  }
}

const char *bourse__json_value_end(bourse_json *json, const char *p) {
  if (*p != '{' && *p != '[') return pass_scalar(json, p);
  const char *end = json->end;
  skipper s = {json, 0, 0, BOURSE_JSON_DEPTH_MAX - json->depth};
  for (;;) {
    int32_t empty = 0;
    if (p == end) return bourse__json_fail_at(json, p, text_end);
    if (*p == '{' || *p == '[') {
      p = open_container(&s, p, &empty);
      if (p == NULL) return NULL;
      if (!empty) continue;
    } else {
      p = pass_scalar(json, p);
      if (p == NULL) return NULL;
    }
    for (;;) { /* behind a value: containers may end here, one after another */
      if (s.depth == 0) return p;
      p = scan_space(p, end);
      if (p == end) return bourse__json_fail_at(json, p, text_end);
      if (*p == ',') break;
      if (*p != ((s.kinds & 1) != 0 ? '}' : ']'))
        return bourse__json_fail_at(json, p, "expected ',' or the end of the container");
      p++;
      s.kinds >>= 1;
      s.depth--;
    }
    p = (s.kinds & 1) != 0 ? pass_key(json, p + 1) : scan_space(p + 1, end);
    if (p == NULL) return NULL;
  }
}
