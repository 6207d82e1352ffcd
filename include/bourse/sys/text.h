/* bourse/sys/text.h - building text: queries, forms, JSON, hex and base64. Second tier: may change until 1.0.
 *
 * A bourse_text grows in an arena (old copies stay there until the arena goes). Failure (memory) sticks: append as you
 * like and ask once at the end with bourse_text_finish. */
#ifndef BOURSE_SYS_TEXT_H
#define BOURSE_SYS_TEXT_H

#include <bourse/base.h>
#include <bourse/decimal.h>
#include <bourse/sys/arena.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bourse_text {
  char *data;
  size_t length;
  size_t capacity;
  bourse_arena *arena;
  int32_t failed;
} bourse_text;

BOURSE_API void bourse_text_init(bourse_text *text, bourse_arena *arena);
BOURSE_API void bourse_text_append(bourse_text *text, const char *bytes, size_t length);
BOURSE_API void bourse_text_string(bourse_text *text, const char *string); /* as it stands */
BOURSE_API void bourse_text_char(bourse_text *text, char c);
BOURSE_API void bourse_text_int(bourse_text *text, int64_t value);
BOURSE_API void bourse_text_decimal(bourse_text *text, const bourse_decimal *value); /* nothing when absent */
/* Percent-encoded: everything but A-Z a-z 0-9 - _ . ~ (RFC 3986 unreserved). */
BOURSE_API void bourse_text_url(bourse_text *text, const char *bytes, size_t length);
/* A JSON string with its quotes; control characters, quote and backslash escaped, UTF-8 as it stands. */
BOURSE_API void bourse_text_json(bourse_text *text, const char *bytes, size_t length);
BOURSE_API void bourse_text_hex(bourse_text *text, const uint8_t *bytes, size_t length); /* lower case */
BOURSE_API void bourse_text_base64(bourse_text *text, const uint8_t *bytes, size_t length);    /* padded */
BOURSE_API void bourse_text_base64url(bourse_text *text, const uint8_t *bytes, size_t length); /* not padded */
/* The text, NUL-terminated, or NULL when memory was out. */
BOURSE_API char *bourse_text_finish(bourse_text *text);

/* Decodes base64 (padded or not, standard or URL alphabet) into out; the length, or -1 when malformed or out too small. */
BOURSE_API int64_t bourse_base64_decode(uint8_t *out, size_t out_size, const char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
