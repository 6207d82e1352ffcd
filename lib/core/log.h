/* core/log.h - the context's log, and the redaction everything passes before it is logged or recorded. */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <bourse/base.h>
#include <bourse/sys/text.h>

/* Levels are those of bourse/context.h: 1 error, 2 warn, 3 info, 4 debug. Messages above `level` are dropped. */
typedef struct bourse__log {
  void (*write)(void *user_data, int32_t level, const char *message);
  void *user_data;
  int32_t level;
} bourse__log;

/* Formats into at most 1 KiB (longer messages end in "...") and hands it to `write`. A NULL log or write is silent. */
void bourse__log_write(const bourse__log *log, int32_t level, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

/* 1 when a header / a query, form or JSON parameter of this name holds something that must not be logged. */
int32_t bourse__is_secret_header(const char *name, size_t length);
int32_t bourse__is_secret_parameter(const char *name, size_t length);

/* Appends the text with the values of secret parameters replaced by "***"; of API keys the first four characters stay.
 * A URL's user information ("user:password@") is replaced as well. */
void bourse__redact_url(bourse_text *out, const char *url);
void bourse__redact_form(bourse_text *out, const char *body, size_t length);

/* Appends "Name: value" with a secret value redacted. */
void bourse__redact_header(bourse_text *out, const char *name, const char *value);

/* Appends JSON with the values of secret members redacted, whatever their kind. Text that is not JSON is appended up to
 * the place where it stops being JSON, and "***" stands for the rest. */
void bourse__redact_json(bourse_text *out, const char *body, size_t length);

/* Redacts a body of unknown kind: JSON when it begins like JSON, else as a form. */
void bourse__redact_body(bourse_text *out, const char *body, size_t length);

#endif
