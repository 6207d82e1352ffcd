/* core/time.h - ISO 8601 text of a known length, for the decoder. */
#ifndef CORE_TIME_H
#define CORE_TIME_H

#include <bourse/base.h>

/* As bourse_time_parse, for text that has a length and no NUL. */
int32_t bourse__time_parse(int64_t *out_ns, const char *text, size_t length);

/* The usual form at p, "2023-01-02T03:04:05Z" with up to nine decimals before the Z. Returns the place behind it; NULL, with
 * nothing stored, for anything else. */
const char *bourse__time_scan(int64_t *out_ns, const char *p, const char *end);

#endif
