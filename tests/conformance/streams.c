/* streams.c */
#include "conformance/streams.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/members.h"

#define LEVELS_MAX 64

typedef struct stream_run {
  fixture_run run;
  pool *p;
  uint32_t actions; /* of the world, used so far */
  uint32_t requests;
  world_socket *socket;  /* the one connected last */
  const json *connected; /* the step whose connection is there */
  int playing;
  /* A stream only: */
  bourse_stream *stream;
  const json *next_record; /* expected */
  uint32_t records;
  const char *wrong;
  int failed; /* the error that was expected has come */
  long gaps;  /* still expected */
} stream_run;

static const json *step_at(const fixture_case *one, uint32_t index) {
  const json *steps = json_get(one->value, "steps");
  return steps != NULL ? json_at(steps, index) : index == 0 ? one->value : NULL;
}

int stream_shows_request(const fixture_case *one) {
  for (uint32_t i = 0; step_at(one, i) != NULL; i++) {
    const json *request = json_get(step_at(one, i), "request");
    if (json_get(request, "message") != NULL || json_get(request, "url") != NULL) return 1;
  }
  return 0;
}

int stream_shows_reply(const fixture_case *one) {
  const json *expect = json_get(one->value, "expect");
  return expect != NULL && expect->count > 0;
}

static void fail(stream_run *s, const char *wrong) {
  if (s->wrong == NULL) s->wrong = pool_string(s->p, wrong);
}

/* --- The exchange's side --- */

static world_action *next_action(stream_run *s, int kind) {
  world *w = &s->run.w;
  while (s->actions < w->action_count && w->actions[s->actions].kind == WORLD_DISCONNECTS) s->actions++;
  if (s->actions == w->action_count) return NULL;
  world_action *action = &w->actions[s->actions];
  if (action->kind == kind) {
    s->actions++;
    return action;
  }
  fail(s, pool_format(s->p, "step %u: %s is not what comes next: %s", s->run.step,
                      action->kind == WORLD_CONNECTS ? "a connection" : "a message", action->text));
  return NULL;
}

static int take_connection(stream_run *s, const json *step, const char *url) {
  if (s->connected == step) return 1;
  world_action *action = next_action(s, WORLD_CONNECTS);
  if (action == NULL) return 0;
  if (strcmp(action->text, url) != 0) fail(s, pool_format(s->p, "%s is connected to, expected %s", action->text, url));
  s->socket = action->socket;
  s->connected = step;
  world_socket_open(&s->run.w, s->socket);
  return 1;
}

/* A string stands for a message that is that text, and no JSON. */
static int take_message(stream_run *s, const json *expected) {
  world_action *action = next_action(s, WORLD_SENDS);
  if (action == NULL) return 0;
  if (expected->kind == JSON_STRING) {
    if (strlen(expected->text) != action->length || memcmp(expected->text, action->text, action->length) != 0)
      fail(s, pool_format(s->p, "step %u: %s is sent, expected %s", s->run.step, action->text, expected->text));
    return 1;
  }
  const char *error = NULL;
  const json *got = json_parse(s->p, action->text, action->length, &error);
  const char *wrong = got == NULL ? pool_format(s->p, "it is not JSON: %s", error)
                                  : fixture_compare_json(s->p, "message", expected, got);
  if (wrong != NULL) fail(s, pool_format(s->p, "step %u: %s in %s", s->run.step, wrong, action->text));
  return 1;
}

static int take_request(stream_run *s, const json *step, const json *expected) {
  world_request *request = world_request_at(&s->run.w, s->requests);
  world_reply reply;
  if (request == NULL) return 0;
  s->requests++;
  const char *wrong = fixture_compare_request(s->p, s->run.set, expected, request);
  if (wrong != NULL) fail(s, pool_format(s->p, "step %u: %s", s->run.step, wrong));
  if (step_reply(&s->run.w.memory, step, &reply)) world_reply_to(&s->run.w, request, &reply);
  return 1;
}

/* 1 when the next step has been taken. */
static int advance(stream_run *s) {
  const json *step = step_at(s->run.one, s->run.step);
  if (step == NULL || s->wrong != NULL) return 0;
  const json *request = json_get(step, "request"), *reply = json_get(step, "reply");
  const char *url = json_text_of(request, "url");
  if (json_get(request, "method") != NULL) {
    if (!take_request(s, step, request)) return 0;
    s->run.step++;
    return 1;
  }
  if (url != NULL && !take_connection(s, step, url)) return 0;
  if (json_get(request, "message") != NULL && !take_message(s, json_get(request, "message"))) return 0;
  s->run.step++;
  if (reply != NULL && s->socket != NULL)
    world_socket_say(&s->run.w, s->socket, reply->begin, (size_t)(reply->end - reply->begin));
  return 1;
}

static void play(world *w) {
  stream_run *s = w->play_data;
  if (s->playing) return;
  s->playing = 1;
  while (advance(s)) continue;
  s->playing = 0;
}

/* --- What comes of it --- */

/* A book's record with the levels that can be read now. */
static void with_levels(const bourse_stream_event *event, const bourse_order_book *told, bourse_order_book *out,
                        bourse_level *bids, bourse_level *asks) {
  uint32_t bid_count = LEVELS_MAX, ask_count = LEVELS_MAX;
  *out = *told;
  if (bourse_book_levels(bids, &bid_count, event->stream, told->symbol, BOURSE_SIDE_BUY) != BOURSE_OK) bid_count = 0;
  if (bourse_book_levels(asks, &ask_count, event->stream, told->symbol, BOURSE_SIDE_SELL) != BOURSE_OK) ask_count = 0;
  out->bids = bids;
  out->asks = asks;
  out->bid_count = bid_count;
  out->ask_count = ask_count;
}

static void take_record(stream_run *s, const bourse_stream_event *event, const void *record) {
  bourse_order_book book;
  bourse_level bids[LEVELS_MAX], asks[LEVELS_MAX];
  s->records++;
  if (s->next_record == NULL) return; /* counted in the end */
  if (event->record_kind == BOURSE_KIND_ORDER_BOOK) {
    with_levels(event, record, &book, bids, asks);
    record = &book;
  }
  const char *wrong = compare_record(s->p, event->record_kind, record, s->next_record);
  if (wrong != NULL) fail(s, pool_format(s->p, "record %u: %s", s->records - 1, wrong));
  s->next_record = s->next_record->next;
}

static void take_error(stream_run *s, const bourse_error *error) {
  const json *expected = json_get(s->run.one->value, "error");
  const char *wrong =
      expected == NULL ? pool_format(s->p, "%s: %s (%s)", bourse_error_name(error->code), error->message, error->field)
                       : fixture_compare_error(s->p, expected, error);
  s->failed = 1;
  if (wrong != NULL) fail(s, wrong);
}

static void on_event(void *user_data, const bourse_stream_event *event) {
  stream_run *s = user_data;
  if (event->kind == BOURSE_STREAM_DATA)
    for (uint32_t i = 0; i < event->count; i++) take_record(s, event, bourse_stream_event_record(event, i));
  if (event->kind == BOURSE_STREAM_ERROR && event->error != NULL) take_error(s, event->error);
  if (event->kind == BOURSE_STREAM_GAP && s->gaps-- == 0) fail(s, "a gap was found");
}

/* --- Running --- */

static const char *state_name(int32_t state) {
  static const char *const names[] = {"none", "connecting", "syncing", "live", "stale", "closed"};
  return state < 0 || state > BOURSE_STREAM_CLOSED ? "?" : names[state];
}

/* Cases ask for nothing besides unless they say so, so that each shows what one message brings. */
static void watch(stream_run *s) {
  bourse_stream_options options = BOURSE_STREAM_OPTIONS_INIT;
  const json *asked = json_get(s->run.one->value, "stream");
  const char *interval = json_text_of(asked, "interval_ms");
  options.on_event = on_event;
  options.user_data = s;
  options.reconcile = json_is_true(json_get(asked, "reconcile")) ? BOURSE_YES : BOURSE_NO;
  options.interval_ms = interval == NULL ? 0 : strtoll(interval, NULL, 10);
  const json *expect = json_get(s->run.one->value, "expect");
  const char *wait = json_text_of(asked, "wait_ms"), *gaps = json_text_of(asked, "gaps");
  s->gaps = gaps == NULL ? 0 : strtol(gaps, NULL, 10);
  s->next_record = expect == NULL ? NULL : expect->first;
  if (bourse_watch(&s->stream, s->run.handle, &s->run.request, &options) != BOURSE_OK) {
    take_error(s, bourse_context_error(s->run.context));
    return;
  }
  for (int turn = 0; turn < 20; turn++) bourse_run(s->run.context, 0);
  if (wait == NULL) return;
  int64_t wait_ns = strtoll(wait, NULL, 10) * 1000000;
  s->run.w.now_ns += wait_ns;
  s->run.w.monotonic_ns += wait_ns;
  for (int turn = 0; turn < 20; turn++) bourse_run(s->run.context, 0);
}

/* What must be sent when the stream is closed. */
static void check_leaving(stream_run *s) {
  const json *leaving = json_get(s->run.one->value, "leave");
  bourse_stream_close(s->stream);
  s->stream = NULL;
  for (int turn = 0; turn < 5; turn++) bourse_run(s->run.context, 0);
  if (leaving == NULL || s->wrong != NULL) return;
  if (!take_message(s, leaving)) fail(s, "nothing is sent when the stream is closed");
}

static void check_end(stream_run *s) {
  const json *expect = json_get(s->run.one->value, "expect"), *error = json_get(s->run.one->value, "error");
  const char *count = json_text_of(s->run.one->value, "count"), *state = json_text_of(s->run.one->value, "state");
  uint32_t wanted = count != NULL ? (uint32_t)strtoul(count, NULL, 10) : expect != NULL ? expect->count : 0;
  if (s->wrong == NULL && error != NULL && !s->failed) fail(s, "it came through, an error was expected");
  if (s->wrong == NULL && step_at(s->run.one, s->run.step) != NULL && s->run.step_count > 0)
    fail(s, pool_format(s->p, "step %u was not reached", s->run.step));
  if (s->wrong == NULL && s->gaps > 0) fail(s, "no gap was found");
  if (s->wrong == NULL && s->records != wanted)
    fail(s, pool_format(s->p, "%u records, expected %u", s->records, wanted));
  const char *is = state_name(bourse_stream_state(s->stream, NULL));
  if (s->wrong == NULL && state != NULL && strcmp(is, state) != 0)
    fail(s, pool_format(s->p, "it is %s, expected %s", is, state));
  for (const world_request *one = world_request_at(&s->run.w, s->requests); s->wrong == NULL && one != NULL; one = NULL)
    fail(s, pool_format(s->p, "sent besides: %s %s", one->method, one->url));
  if (s->wrong == NULL && s->run.step_count > 0 && s->actions < s->run.w.action_count &&
      s->run.w.actions[s->actions].kind == WORLD_SENDS)
    fail(s, pool_format(s->p, "sent besides: %s", s->run.w.actions[s->actions].text));
}

/* A request over a socket: judged as any other. */
static void execute(stream_run *s) {
  bourse_result *result = NULL;
  bourse_execute(&result, s->run.handle, &s->run.request);
  const bourse_error *error = bourse_context_error(s->run.context);
  const char *wrong = fixture_compare(s->p, s->run.one, result, error);
  if (step_at(s->run.one, s->run.step) != NULL && result == NULL && error->outcome <= BOURSE_OUTCOME_NOT_SENT)
    fail(s, pool_format(s->p, "%s: %s (%s)", bourse_error_name(error->code), error->message, error->field));
  if (step_at(s->run.one, s->run.step) != NULL) fail(s, pool_format(s->p, "step %u was not reached", s->run.step));
  if (wrong != NULL) fail(s, wrong);
  bourse_result_free(result);
}

/* fail_at: the allocation, counted from the open handle on, that fails; 0: none. *starved becomes 1 when it came to that. */
static const char *run_case(pool *p, const fixture_set *set, const fixture_case *one, long fail_at, int *starved) {
  static const stream_run empty;
  stream_run *s = pool_alloc(p, sizeof *s);
  const bourse_operation_info *info = bourse_schema_operation(one->operation);
  *s = empty;
  s->p = p;
  fixture_open(&s->run, set, one);
  s->run.w.answer = NULL;
  s->run.w.play = play;
  s->run.w.play_data = s;
  s->run.w.fail_at = fail_at;
  if (s->run.wrong != NULL) {
    fail(s, s->run.wrong);
  } else if ((info->flags & BOURSE_OPERATION_STREAM) != 0) {
    watch(s);
    check_end(s);
    check_leaving(s);
  } else {
    execute(s);
  }
  *starved = fail_at > 0 && s->run.w.fail_at == 0;
  s->run.w.fail_at = 0;
  s->run.wrong = NULL;
  fixture_close(&s->run);
  if (*starved) return s->run.wrong; /* whatever came of it, the memory must be back */
  if (s->run.wrong != NULL) fail(s, s->run.wrong);
  return s->wrong;
}

const char *stream_check(pool *p, const fixture_set *set, const fixture_case *one) {
  int starved;
  return run_case(p, set, one, 0, &starved);
}

const char *stream_starve(pool *p, const fixture_set *set, const fixture_case *one, uint32_t *runs) {
  const char *wrong = NULL;
  int starved = 1;
  for (*runs = 0; starved && wrong == NULL && *runs < 5000;) {
    pool each = {NULL};
    wrong = pool_string(p, run_case(&each, set, one, (long)++*runs, &starved));
    if (wrong != NULL) wrong = pool_format(p, "allocation %u failed: %s", *runs, wrong);
    pool_free(&each);
  }
  return wrong;
}
