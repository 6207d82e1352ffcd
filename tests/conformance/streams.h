/* streams.h - cases of streams, and of requests that go over a socket: the exchange's side is played from the case's steps. */
#ifndef CONFORMANCE_STREAMS_H
#define CONFORMANCE_STREAMS_H

#include "conformance/fixture.h"

/* A whole case: NULL, or what was wrong (allocated in p). */
const char *stream_check(pool *p, const fixture_set *set, const fixture_case *one);

/* The case again and again, each time with the next allocation failing: nothing may crash or stay behind. NULL, or what
 * was wrong; *runs becomes how often it ran. */
const char *stream_starve(pool *p, const fixture_set *set, const fixture_case *one, uint32_t *runs);

/* 1 when a step shows what is sent, and when a step says something of which records come. */
int stream_shows_request(const fixture_case *one);
int stream_shows_reply(const fixture_case *one);

#endif
