/* fixture.h - the cases of tests/fixtures/<exchange> (its README describes them), and running one of them in a made-up world. */
#ifndef CONFORMANCE_FIXTURE_H
#define CONFORMANCE_FIXTURE_H

#include <bourse.h>

#include "support/files.h"
#include "support/json.h"
#include "support/world.h"

typedef struct fixture_case {
  struct fixture_case *next;
  const json *value;
  const char *label; /* "orders.jsonl:12 create_order (name)" */
  int32_t operation;
  int failed;
} fixture_case;

/* A list of markets of one product. */
typedef struct fixture_markets {
  int32_t product;
  const char *bytes;
  size_t length;
} fixture_markets;

typedef struct fixture_set {
  pool memory;
  const char *exchange;
  const json *setup;
  int64_t now_ms;
  fixture_markets markets[4];
  uint32_t market_count;
  fixture_case *cases;   /* of requests over HTTP */
  fixture_case *streams; /* of streams, and of requests over sockets: streams.h */
  uint32_t count;
} fixture_set;

/* Reads a folder; 0 (with lines on stdout) when something there cannot be used. */
int fixture_load(fixture_set *out, const char *folder, const char *exchange);
void fixture_free(fixture_set *set);

/* One case in its world. */
typedef struct fixture_run {
  const fixture_set *set;
  const fixture_case *one;
  world w;
  bourse_context *context;
  bourse_exchange *handle;
  bourse_request request;
  const json *steps[16]; /* what is to be sent and answered, in order */
  uint32_t step_count;
  uint32_t step;
  const char *wrong; /* NULL, or the first thing that was not as the case says */
  const json *refusal; /* answers whatever is sent; NULL: the steps do */
  /* Options of the suite's own, set after those of the case; NULL: none. */
  void (*change_options)(bourse_options *options, bourse_credentials *credentials, void *user_data);
  void *user_data;
} fixture_run;

/* Opens the world, context and handle of a case, loads the markets and makes the request. run->wrong tells what failed. */
void fixture_open(fixture_run *run, const fixture_set *set, const fixture_case *one);
/* Closes everything; memory that the library kept is an error, which ends up in `wrong` (static text) when that was NULL. */
void fixture_close(fixture_run *run);

/* Whether a request that was sent changes something: what the exchange's table says of its path, else its method. */
int fixture_acts(const fixture_run *run, const world_request *request);

/* A whole case, request, reply and expectation: NULL, or what was wrong (allocated in p). */
const char *fixture_check(pool *p, const fixture_set *set, const fixture_case *one);
/* The same with its first request answered by the refusal that setup.json has for that URL: it must fail as that says. */
const char *fixture_refuse(pool *p, const fixture_set *set, const fixture_case *one);
/* What differs between an outcome and what the case expects; result is NULL for a failure. */
const char *fixture_compare(pool *p, const fixture_case *one, const bourse_result *result, const bourse_error *error);

/* What a request sent, or a piece of JSON, has other than expected; NULL: nothing. */
const char *fixture_compare_request(pool *p, const fixture_set *set, const json *expected, const world_request *request);
const char *fixture_compare_json(pool *p, const char *path, const json *expected, const json *got);
/* The same for an error, and for a record. */
const char *fixture_compare_error(pool *p, const json *expected, const bourse_error *error);

int case_has_request(const fixture_case *one);
int case_has_reply(const fixture_case *one);
/* The reply of one step as bytes, status and headers; 0 when the case gives none. */
int step_reply(pool *p, const json *step, world_reply *out);
const json *case_step(const fixture_case *one, uint32_t index);

#endif
