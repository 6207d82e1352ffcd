/* json.h - JSON as a tree whose numbers keep their text, and whose values know their place in the input. Not the library's
 * reader: the suites check that one against this. */
#ifndef SUPPORT_JSON_H
#define SUPPORT_JSON_H

#include <stdint.h>

#include "support/pool.h"

enum { JSON_NULL = 1, JSON_TRUE, JSON_FALSE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

typedef struct json {
  int kind;
  const char *text; /* of a string without escapes, digits of a number, "true", "false", "null" */
  size_t length;
  const char *key; /* in an object */
  struct json *first, *next;
  uint32_t count;
  const char *begin, *end; /* bytes of the value in the input */
} json;

/* NULL when malformed; *error (may be NULL) then says why. The input must outlive the tree. */
json *json_parse(pool *p, const char *bytes, size_t length, const char **error);
/* The value at *cursor, which moves behind it: for files of many values. NULL at the end (*error NULL) or when malformed. */
json *json_parse_next(pool *p, const char **cursor, const char *end, const char **error);

/* Member or element; NULL when there is none (or `value` is NULL or of another kind). */
json *json_get(const json *value, const char *key);
json *json_at(const json *value, uint32_t index);
/* Text of a string or number; NULL for anything else. */
const char *json_text(const json *value);
const char *json_text_of(const json *object, const char *key);
int json_is(const json *object, const char *key, const char *text); /* that member has this text */
int json_is_true(const json *value);
const char *json_kind_name(int kind);

/* text as a JSON string with quotes. */
void json_quote(buffer *out, const char *text);

#endif
