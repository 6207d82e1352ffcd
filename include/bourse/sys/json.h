/* bourse/sys/json.h - a pull reader over JSON bytes: no tree, no allocation, numbers and strings as slices.
 * Second tier: may change until 1.0.
 *
 * The reader checks what it passes over, skipped values included: RFC 8259 grammar, UTF-8, escapes (lone surrogates are
 * refused), nesting depth. The first error sticks: every later call returns "no", and bourse_json_finish says what was
 * wrong. Usage:
 *
 *     bourse_json_init(&json, bytes, length);
 *     if (bourse_json_object_begin(&json))
 *       while (bourse_json_object_next(&json, &key))
 *         if (bourse_slice_is(key, "price")) bourse_json_number_text(&json, &text); else bourse_json_skip(&json);
 *     if (bourse_json_finish(&json) != BOURSE_OK) ... json.error, json.error_offset
 */
#ifndef BOURSE_SYS_JSON_H
#define BOURSE_SYS_JSON_H

#include <bourse/base.h>
#include <bourse/sys/arena.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BOURSE_JSON_ERROR 0 /* no value here: end of input, or malformed */
#define BOURSE_JSON_OBJECT 1
#define BOURSE_JSON_ARRAY 2
#define BOURSE_JSON_STRING 3
#define BOURSE_JSON_NUMBER 4
#define BOURSE_JSON_TRUE 5
#define BOURSE_JSON_FALSE 6
#define BOURSE_JSON_NULL 7

#define BOURSE_JSON_DEPTH_MAX 64

typedef struct bourse_json {
  const char *begin;
  const char *cursor;
  const char *end;
  const char *error;    /* NULL, or what was wrong (static text) */
  size_t error_offset;  /* where, in bytes from begin */
  uint32_t depth;       /* open objects and arrays */
  uint32_t first;       /* the next element is the first of its container */
} bourse_json;

/* Starts over `length` bytes, which must outlive the reader. An UTF-8 byte order mark is an error, as in RFC 8259. */
BOURSE_API void bourse_json_init(bourse_json *json, const char *bytes, size_t length);

/* Kind of the value that comes next, without consuming it. */
BOURSE_API int32_t bourse_json_kind(bourse_json *json);

/* 1 and inside, or 0 (an error if the next value is not of that kind). */
BOURSE_API int32_t bourse_json_object_begin(bourse_json *json);
BOURSE_API int32_t bourse_json_array_begin(bourse_json *json);

/* 1 with the next key (escapes already resolved only if it had none: compare keys as they stand), standing before its
 * value; 0 when the object ended or on error. The value must be consumed or skipped before the next call. */
BOURSE_API int32_t bourse_json_object_next(bourse_json *json, bourse_slice *key);

/* 1 when another element follows, standing before it; 0 when the array ended or on error. */
BOURSE_API int32_t bourse_json_array_next(bourse_json *json);

/* 1 with the bytes between the quotes as they stand; *escaped is 1 when they hold escapes. */
BOURSE_API int32_t bourse_json_string(bourse_json *json, bourse_slice *text, int32_t *escaped);

/* 1 with the digits as they stand. */
BOURSE_API int32_t bourse_json_number(bourse_json *json, bourse_slice *text);

/* 1 with *value BOURSE_YES or BOURSE_NO. */
BOURSE_API int32_t bourse_json_bool(bourse_json *json, int32_t *value);

/* 1 when the next value is null and was consumed, 0 (no error) when it is something else. */
BOURSE_API int32_t bourse_json_null(bourse_json *json);

/* 1 after passing over one whole value, checked. bourse_json_raw also gives its bytes. */
BOURSE_API int32_t bourse_json_skip(bourse_json *json);
BOURSE_API int32_t bourse_json_raw(bourse_json *json, bourse_slice *bytes);

/* Resolves the escapes of a string's bytes into `out` (room for text.length bytes). Returns the length, or -1 when the
 * escapes are malformed. No NUL is written. */
BOURSE_API int64_t bourse_json_unescape(char *out, bourse_slice text);

/* Sets the error (if there is none yet), at the present place. `message` is static text. Returns 0. */
BOURSE_API int32_t bourse_json_fail(bourse_json *json, const char *message);

/* BOURSE_OK when everything was consumed and nothing but white space follows, else BOURSE_ERROR_BAD_REPLY. */
BOURSE_API int32_t bourse_json_finish(bourse_json *json);

/* 1 when the slice equals the NUL-terminated text. */
BOURSE_API int32_t bourse_slice_is(bourse_slice slice, const char *text);
/* 1 when the slice begins with the text, or contains it; ASCII letters of either case are alike. */
BOURSE_API int32_t bourse_slice_begins(bourse_slice slice, const char *text);
BOURSE_API int32_t bourse_slice_contains(bourse_slice slice, const char *text);
/* The text as a slice; NULL: an empty one. */
BOURSE_API bourse_slice bourse_slice_of(const char *text);
/* The number that the slice begins with, its sign first; 0 when it begins with none, and at most 15 digits are read. */
BOURSE_API int64_t bourse_slice_int(bourse_slice slice);

#ifdef __cplusplus
}
#endif
#endif
