/* core/time.h - ISO 8601 text of a known length, for the decoder. */
#ifndef CORE_TIME_H
#define CORE_TIME_H

#include <bourse/base.h>

/* As bourse_time_parse, for text that has a length and no NUL. */
int32_t bourse__time_parse(int64_t *out_ns, const char *text, size_t length);

#endif
