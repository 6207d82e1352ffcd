/* json.c */
#include "support/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
  pool *p;
  const char *at, *end;
  const char *error;
  int depth;
} reader;

static json *read_value(reader *r);

static void skip_space(reader *r) {
  while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r')) r->at++;
}

static json *fail(reader *r, const char *error) {
  if (r->error == NULL) r->error = error;
  return NULL;
}

static int hex4(const char *at, unsigned *out) {
  unsigned value = 0;
  for (int i = 0; i < 4; i++) {
    char c = at[i];
    unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                     : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
                     : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A' + 10)
                                            : 16;
    if (digit == 16) return 0;
    value = value * 16 + digit;
  }
  *out = value;
  return 1;
}

static char *put_utf8(char *out, unsigned code) {
  if (code < 0x80) {
    *out++ = (char)code;
  } else if (code < 0x800) {
    *out++ = (char)(0xc0 | code >> 6);
    *out++ = (char)(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    *out++ = (char)(0xe0 | code >> 12);
    *out++ = (char)(0x80 | (code >> 6 & 0x3f));
    *out++ = (char)(0x80 | (code & 0x3f));
  } else {
    *out++ = (char)(0xf0 | code >> 18);
    *out++ = (char)(0x80 | (code >> 12 & 0x3f));
    *out++ = (char)(0x80 | (code >> 6 & 0x3f));
    *out++ = (char)(0x80 | (code & 0x3f));
  }
  return out;
}

/* \uXXXX at `at` (behind the u); moves on, a following low half included. */
static char *read_unicode(reader *r, char *out) {
  unsigned code, low;
  if (r->end - r->at < 4 || !hex4(r->at, &code)) return NULL;
  r->at += 4;
  if (code >= 0xd800 && code < 0xdc00 && r->end - r->at >= 6 && r->at[0] == '\\' && r->at[1] == 'u' &&
      hex4(r->at + 2, &low) && low >= 0xdc00 && low < 0xe000) {
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    r->at += 6;
  }
  return put_utf8(out, code);
}

static char *read_string(reader *r, size_t *length) {
  const char *from = ++r->at;
  while (from < r->end && *from != '"') from += *from == '\\' ? 2 : 1;
  if (from >= r->end) {
    fail(r, "a string without end");
    return NULL;
  }
  char *text = pool_alloc(r->p, (size_t)(from - r->at) + 1), *out = text;
  while (r->at < r->end && *r->at != '"') {
    if (*r->at != '\\') {
      *out++ = *r->at++;
      continue;
    }
    char c = r->at[1];
    const char *found = strchr("\"\\/bfnrt", c);
    r->at += 2;
    if (c == 'u')
      out = read_unicode(r, out);
    else if (found != NULL && c != '\0')
      *out++ = "\"\\/\b\f\n\r\t"[found - "\"\\/bfnrt"];
    else
      out = NULL;
    if (out == NULL) {
      fail(r, "a wrong escape");
      return NULL;
    }
  }
  r->at++;
  *length = (size_t)(out - text);
  return text;
}

static json *read_word(reader *r, json *value, const char *word, int kind) {
  size_t length = strlen(word);
  if ((size_t)(r->end - r->at) < length || memcmp(r->at, word, length) != 0) return fail(r, "not a JSON value");
  r->at += length;
  value->kind = kind;
  value->text = word;
  value->length = length;
  return value;
}

static json *read_number(reader *r, json *value) {
  const char *from = r->at;
  while (r->at < r->end && *r->at != '\0' && strchr("+-.0123456789eE", *r->at) != NULL) r->at++;
  if (r->at == from) return fail(r, "not a JSON value");
  value->kind = JSON_NUMBER;
  value->length = (size_t)(r->at - from);
  value->text = pool_copy(r->p, from, value->length);
  return value;
}

static json *read_container(reader *r, json *value, char close) {
  json **link = &value->first;
  value->kind = close == '}' ? JSON_OBJECT : JSON_ARRAY;
  if (++r->depth > 200) return fail(r, "nested too deeply");
  r->at++;
  for (skip_space(r); r->at < r->end && *r->at != close; skip_space(r)) {
    char *key = NULL;
    size_t length;
    if (close == '}') {
      if (*r->at != '"' || (key = read_string(r, &length)) == NULL) return fail(r, "a key is wanted");
      skip_space(r);
      if (r->at >= r->end || *r->at++ != ':') return fail(r, "a colon is wanted");
    }
    json *element = read_value(r);
    if (element == NULL) return NULL;
    element->key = key;
    *link = element;
    link = &element->next;
    value->count++;
    skip_space(r);
    if (r->at < r->end && *r->at == ',') {
      r->at++;
      skip_space(r);
      if (r->at < r->end && *r->at == close) return fail(r, "a comma before the end");
    } else if (r->at >= r->end || *r->at != close) {
      return fail(r, "a comma is wanted");
    }
  }
  if (r->at >= r->end) return fail(r, "a list or object without end");
  r->at++;
  r->depth--;
  return value;
}

static json *read_value(reader *r) {
  skip_space(r);
  if (r->at >= r->end) return fail(r, "a value is wanted");
  json *value = pool_alloc(r->p, sizeof *value), *done = NULL;
  value->begin = r->at;
  switch (*r->at) {
    case '{': done = read_container(r, value, '}'); break;
    case '[': done = read_container(r, value, ']'); break;
    case '"':
      value->kind = JSON_STRING;
      value->text = read_string(r, &value->length);
      if (value->text != NULL) done = value;
      break;
    case 't': done = read_word(r, value, "true", JSON_TRUE); break;
    case 'f': done = read_word(r, value, "false", JSON_FALSE); break;
    case 'n': done = read_word(r, value, "null", JSON_NULL); break;
    default: done = read_number(r, value); break;
  }
  if (done != NULL) done->end = r->at;
  return done;
}

json *json_parse_next(pool *p, const char **cursor, const char *end, const char **error) {
  reader r = {p, *cursor, end, NULL, 0};
  if (error != NULL) *error = NULL;
  skip_space(&r);
  if (r.at >= end) {
    *cursor = end;
    return NULL;
  }
  json *value = read_value(&r);
  if (value == NULL && error != NULL) *error = r.error;
  *cursor = r.at;
  return value;
}

json *json_parse(pool *p, const char *bytes, size_t length, const char **error) {
  const char *cursor = bytes, *end = bytes + length, *why = NULL;
  json *value = json_parse_next(p, &cursor, end, &why);
  if (value == NULL && why == NULL) why = "nothing there";
  if (value != NULL) {
    reader r = {p, cursor, end, NULL, 0};
    skip_space(&r);
    if (r.at < end) {
      why = "something follows";
      value = NULL;
    }
  }
  if (error != NULL) *error = why;
  return value;
}

json *json_get(const json *value, const char *key) {
  if (value == NULL || value->kind != JSON_OBJECT) return NULL;
  for (json *member = value->first; member != NULL; member = member->next)
    if (strcmp(member->key, key) == 0) return member;
  return NULL;
}

json *json_at(const json *value, uint32_t index) {
  if (value == NULL || value->kind != JSON_ARRAY) return NULL;
  json *element = value->first;
  while (element != NULL && index-- > 0) element = element->next;
  return element;
}

const char *json_text(const json *value) {
  return value != NULL && (value->kind == JSON_STRING || value->kind == JSON_NUMBER) ? value->text : NULL;
}

const char *json_text_of(const json *object, const char *key) { return json_text(json_get(object, key)); }

int json_is(const json *object, const char *key, const char *text) {
  const char *found = json_text_of(object, key);
  return found != NULL && strcmp(found, text) == 0;
}

int json_is_true(const json *value) { return value != NULL && value->kind == JSON_TRUE; }

const char *json_kind_name(int kind) {
  static const char *const names[] = {"nothing", "null", "true", "false", "number", "string", "array", "object"};
  return kind < 0 || kind > JSON_OBJECT ? "?" : names[kind];
}

void json_quote(buffer *out, const char *text) {
  buffer_string(out, "\"");
  for (; *text != '\0'; text++) {
    char escape[8];
    if (*text == '"' || *text == '\\')
      snprintf(escape, sizeof escape, "\\%c", *text);
    else if ((unsigned char)*text < 0x20)
      snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*text);
    else
      snprintf(escape, sizeof escape, "%c", *text);
    buffer_string(out, escape);
  }
  buffer_string(out, "\"");
}
