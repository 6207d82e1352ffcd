/* query.h - query and form text taken apart. */
#ifndef SUPPORT_QUERY_H
#define SUPPORT_QUERY_H

#include "support/pool.h"

char *percent_decode(pool *p, const char *text, size_t length);
/* The next pair of *raw, which moves on: 1, or 0 at the end. */
int next_param(pool *p, const char **raw, const char **name, const char **value);
/* Decoded value of a parameter; NULL when it is not there. */
const char *raw_param(pool *p, const char *raw, const char *name);

#endif
