/* core/decimal.h - the fast way from wire text to a decimal, for the decoder. */
#ifndef CORE_DECIMAL_H
#define CORE_DECIMAL_H

#include <bourse/decimal.h>

/* As bourse_decimal_parse, with `length` given and `text` not NULL: the grammar and the errors are the same. Reads no
 * byte outside text[0..length). */
int32_t bourse__decimal_scan(bourse_decimal *out, const char *text, size_t length);

#endif
