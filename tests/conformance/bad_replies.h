/* bad_replies.h - replies damaged in every way. */
#ifndef CONFORMANCE_BAD_REPLIES_H
#define CONFORMANCE_BAD_REPLIES_H

#include "conformance/fixture.h"

void check_replies(const fixture_set *set, const char *only, tally *t);

#endif
