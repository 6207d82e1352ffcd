/* bad_messages.h - messages of streams damaged in every way. */
#ifndef CONFORMANCE_BAD_MESSAGES_H
#define CONFORMANCE_BAD_MESSAGES_H

#include "conformance/fixture.h"

void check_messages(const fixture_set *set, const char *only, tally *t);

#endif
