/* core/time.h - ISO 8601 text of a known length, for the decoder. */
#ifndef CORE_TIME_H
#define CORE_TIME_H

#include <bourse/base.h>

/* As bourse_time_parse, for text that has a length and no NUL. */
int32_t bourse__time_parse(int64_t *out_ns, const char *text, size_t length);

/* The nineteen letters of "2023-01-02T03:04:05" as seconds since 1970, in UTC. 0, with nothing stored, for anything else and
 * for what is not from 1970 to 2200. */
int32_t bourse__time_seconds(int64_t *out, const char *text);

#endif
