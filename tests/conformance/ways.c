/* ways.c - `ways DIR [--only PART]`: each case of the fixtures run blocking, through the queue and with a callback must give the
 * same; canceled, timed out or closed at each of its requests it must free everything; and nothing it logs, records or says may
 * hold a key or a signature. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/fixture.h"
#include "support/members.h"
#include "support/query.h"

#define API_KEY "KEYzq7Wm3vTn8xRb5LpKEY"
#define SECRET  "SECRETh4Jd9fGs2kPq6Yc1SECRET"
/* The PKCS #8 text of the Ed25519 key whose seed counts from 0 to 31: a test vector, no secret of anyone's. */
#define PEM_BODY "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"
#define PEM      "-----BEGIN PRIVATE KEY-----\n" PEM_BODY "\n-----END PRIVATE KEY-----\n"

typedef struct suite {
  const fixture_set *set;
  const char *only;
  tally t;
} suite;

static void judge(suite *s, const fixture_case *one, const char *what, const char *wrong) {
  if (wrong == NULL) {
    s->t.passed++;
    return;
  }
  printf("FAILED %s/%s: %s: %s\n", s->set->exchange, one->label, what, wrong);
  s->t.failed++;
}

/* --- The three ways --- */

static char *error_text(pool *p, int32_t code, const bourse_error *error) {
  return pool_format(p, "%s %s %d %lld %s | %s | %s | %s | %s", bourse_error_name(code),
                     bourse_outcome_name(error->outcome), error->http_status, (long long)error->retry_after_ms,
                     error->message, error->field, error->exchange_code, error->exchange_message,
                     error->client_order_id);
}

static char *outcome_text(pool *p, const bourse_result *result) {
  int32_t code = bourse_result_code(result);
  return code == BOURSE_OK ? result_text(p, result) : error_text(p, code, bourse_result_error(result));
}

static char *run_blocking(pool *p, fixture_run *run) {
  bourse_result *result = NULL;
  int32_t code = bourse_execute(&result, run->handle, &run->request);
  char *text = code == BOURSE_OK ? result_text(p, result) : error_text(p, code, bourse_context_error(run->context));
  bourse_result_free(result);
  return text;
}

static char *run_queue(pool *p, fixture_run *run) {
  bourse_event event = BOURSE_EVENT_INIT;
  uint64_t ticket = 0;
  run->request.user_data = run;
  int32_t code = bourse_submit(run->handle, &run->request, &ticket);
  if (code != BOURSE_OK) return error_text(p, code, bourse_context_error(run->context));
  if (!world_wait(&run->w, run->context, &event)) return "no event came";
  char *text = event.ticket == ticket && event.user_data == run && event.exchange == run->handle
                   ? outcome_text(p, event.result)
                   : "the event is another's";
  bourse_result_free(event.result);
  if (bourse_next(run->context, &event) > 0) text = "a second event came";
  return text;
}

typedef struct callback_state {
  pool *p;
  char *text;
  int calls;
} callback_state;

static void take_event(void *user_data, bourse_event *event) {
  callback_state *state = user_data;
  state->calls++;
  state->text = outcome_text(state->p, event->result);
  bourse_result_free(event->result);
}

static char *run_callback(pool *p, fixture_run *run) {
  callback_state state = {p, NULL, 0};
  bourse_event event = BOURSE_EVENT_INIT;
  run->request.on_complete = take_event;
  run->request.user_data = &state;
  int32_t code = bourse_submit(run->handle, &run->request, NULL);
  if (code != BOURSE_OK) return error_text(p, code, bourse_context_error(run->context));
  if (state.calls != 0) return "the callback was fired inside of submit";
  for (int turn = 0; turn < 1000 && state.calls == 0; turn++)
    if (bourse_run(run->context, 0) == 0) {
      int64_t wait_ms = bourse_timeout_ms(run->context);
      run->w.now_ns += wait_ms > 0 ? wait_ms * 1000000 : 0;
      run->w.monotonic_ns += wait_ms > 0 ? wait_ms * 1000000 : 0;
    }
  if (bourse_next(run->context, &event) > 0) return "it is in the queue as well";
  return state.calls == 1 ? state.text : "the callback was not fired once";
}

static const char *compare_ways(pool *p, const fixture_set *set, const fixture_case *one) {
  static char *(*const ways[])(pool *, fixture_run *) = {run_blocking, run_queue, run_callback};
  static const char *const names[] = {"blocking", "queue", "callback"};
  char *texts[3];
  for (int i = 0; i < 3; i++) {
    fixture_run run = {.change_options = NULL};
    fixture_open(&run, set, one);
    const char *wrong = pool_string(p, run.wrong);
    texts[i] = wrong == NULL ? ways[i](p, &run) : "";
    if (wrong == NULL) wrong = pool_string(p, run.wrong);
    run.wrong = NULL;
    fixture_close(&run);
    if (wrong == NULL) wrong = run.wrong;
    if (wrong != NULL) return pool_format(p, "%s: %s", names[i], wrong);
    if (strcmp(texts[i], texts[0]) != 0)
      return pool_format(p, "%s gives\n%s\nblocking gives\n%s", names[i], texts[i], texts[0]);
  }
  return NULL;
}

/* --- Given up on --- */

typedef struct hanging {
  fixture_run run;
  uint32_t at; /* the request that is left unanswered */
  int (*answer)(world *w, world_request *request, world_reply *reply);
} hanging;

static int answer_some(world *w, world_request *request, world_reply *reply) {
  hanging *h = w->answer_data;
  if (h->run.step >= h->at) return 0;
  w->answer_data = &h->run;
  int answered = h->answer(w, request, reply);
  w->answer_data = h;
  return answered;
}

/* Submits, and goes on until request `at` waits for its answer; 0 when it is never sent. */
static int start_hanging(hanging *h, const fixture_set *set, const fixture_case *one, uint32_t at, uint64_t *ticket) {
  fixture_open(&h->run, set, one);
  h->at = at;
  h->answer = h->run.w.answer;
  h->run.w.answer = answer_some;
  h->run.w.answer_data = h;
  if (h->run.wrong != NULL || bourse_submit(h->run.handle, &h->run.request, ticket) != BOURSE_OK) return 0;
  for (int turn = 0; turn < 100 && h->run.w.request_count <= at; turn++) bourse_run(h->run.context, 0);
  world_request *last = world_request_at(&h->run.w, at);
  return last != NULL && last->state == WORLD_WAITING;
}

/* Whether what waits for its answer could change something at the exchange. */
static int is_acting(const hanging *h) {
  const bourse_operation_info *info = bourse_schema_operation(h->run.one->operation);
  int acts = 0;
  if (h->run.request.order_count > 0 && h->run.request.orders[0]->test > 0) return 0; /* the exchange only checks it */
  for (uint32_t i = 0; i <= h->at; i++) acts |= fixture_acts(&h->run, world_request_at(&h->run.w, i));
  return acts && (info->flags & BOURSE_OPERATION_ACTS) != 0;
}

static const char *check_given_up(pool *p, hanging *h, int32_t wanted, bourse_event *event) {
  if (event->result == NULL) return "no event came";
  int32_t code = bourse_result_code(event->result), outcome = bourse_result_error(event->result)->outcome;
  const char *wrong = NULL;
  if (code != wanted)
    wrong = pool_format(p, "it ended with %s, expected %s", bourse_error_name(code), bourse_error_name(wanted));
  if (wrong == NULL && is_acting(h) && outcome != BOURSE_OUTCOME_UNKNOWN)
    wrong = pool_format(p, "a request that may have been done has outcome %s", bourse_outcome_name(outcome));
  if (wrong == NULL && !is_acting(h) && outcome == BOURSE_OUTCOME_EXECUTED)
    wrong = "nothing was done, and the outcome is executed";
  bourse_result_free(event->result);
  event->result = NULL;
  return wrong;
}

static const char *finish_hanging(pool *p, hanging *h, const char *wrong) {
  wrong = pool_string(p, wrong);
  h->run.wrong = NULL;
  fixture_close(&h->run);
  return wrong != NULL ? wrong : h->run.wrong;
}

static const char *check_cancel(pool *p, const fixture_set *set, const fixture_case *one, uint32_t at) {
  hanging h = {.at = at};
  bourse_event event = BOURSE_EVENT_INIT;
  uint64_t ticket = 0;
  if (!start_hanging(&h, set, one, at, &ticket)) return finish_hanging(p, &h, "the request was not sent");
  world_request *last = world_request_at(&h.run.w, at);
  const char *wrong = bourse_cancel(h.run.context, ticket) != BOURSE_OK ? "cancel failed" : NULL;
  if (wrong == NULL && last->state != WORLD_CANCELED) wrong = "the transport was not told";
  bourse_run(h.run.context, 0);
  if (wrong == NULL && bourse_next(h.run.context, &event) > 0)
    wrong = check_given_up(p, &h, BOURSE_ERROR_CANCELED, &event);
  if (wrong == NULL && bourse_cancel(h.run.context, ticket) != BOURSE_ERROR_STATE)
    wrong = "a second cancel is no error";
  return finish_hanging(p, &h, wrong);
}

static const char *check_timeout(pool *p, const fixture_set *set, const fixture_case *one, uint32_t at) {
  hanging h = {.at = at};
  bourse_event event = BOURSE_EVENT_INIT;
  uint64_t ticket = 0;
  if (!start_hanging(&h, set, one, at, &ticket)) return finish_hanging(p, &h, "the request was not sent");
  world_wait(&h.run.w, h.run.context, &event);
  const char *wrong = check_given_up(p, &h, BOURSE_ERROR_TIMEOUT, &event);
  if (wrong == NULL && world_request_at(&h.run.w, at)->state != WORLD_CANCELED) wrong = "the transport was not told";
  return finish_hanging(p, &h, wrong);
}

/* The handle, then the context; or the other way round. No event may come, and the transport must be told. */
static const char *check_close(pool *p, const fixture_set *set, const fixture_case *one, uint32_t at,
                               int context_first) {
  hanging h = {.at = at};
  bourse_event event = BOURSE_EVENT_INIT;
  uint64_t ticket = 0;
  if (!start_hanging(&h, set, one, at, &ticket)) return finish_hanging(p, &h, "the request was not sent");
  const char *wrong = NULL;
  world_request *last = world_request_at(&h.run.w, at);
  if (context_first) {
    bourse_context_free(h.run.context);
    h.run.context = NULL;
    if (bourse_submit(h.run.handle, &h.run.request, NULL) != BOURSE_ERROR_STATE)
      wrong = "a handle without a context takes requests";
  } else {
    bourse_close(h.run.handle);
    h.run.handle = NULL;
    bourse_run(h.run.context, 0);
    if (bourse_next(h.run.context, &event) > 0) wrong = "a closed handle's request completed";
    bourse_result_free(event.result);
  }
  if (wrong == NULL && last->state != WORLD_CANCELED) wrong = "the transport was not told";
  return finish_hanging(p, &h, wrong);
}

/* A result lives longer than its handle and context. */
static const char *check_survivor(pool *p, const fixture_set *set, const fixture_case *one) {
  fixture_run run = {.change_options = NULL};
  bourse_result *result = NULL;
  fixture_open(&run, set, one);
  bourse_execute(&result, run.handle, &run.request);
  char *before = result == NULL ? NULL : result_text(p, result);
  bourse_close(run.handle);
  bourse_context_free(run.context);
  run.handle = NULL;
  run.context = NULL;
  const char *wrong = before != NULL && strcmp(before, result_text(p, result)) != 0
                          ? "a result changed when its context was freed"
                          : NULL;
  bourse_result_free(result);
  run.wrong = NULL;
  fixture_close(&run);
  return wrong != NULL ? wrong : run.wrong;
}

static void give_up(suite *s, const fixture_case *one) {
  pool p = {NULL};
  uint32_t steps = 0;
  while (case_step(one, steps) != NULL) steps++;
  for (uint32_t at = 0; at < steps; at++) {
    judge(s, one, pool_format(&p, "canceled at request %u", at), check_cancel(&p, s->set, one, at));
    judge(s, one, pool_format(&p, "timed out at request %u", at), check_timeout(&p, s->set, one, at));
    judge(s, one, pool_format(&p, "closed at request %u", at), check_close(&p, s->set, one, at, 0));
    judge(s, one, pool_format(&p, "context freed at request %u", at), check_close(&p, s->set, one, at, 1));
  }
  if (steps > 0) judge(s, one, "result after its context", check_survivor(&p, s->set, one));
  pool_free(&p);
}

/* --- Secrets --- */

typedef struct secrets {
  const char *values[64];
  uint32_t count;
} secrets;

static void add_secret(secrets *list, const char *value) {
  if (value != NULL && strlen(value) >= 8 && list->count < 64) list->values[list->count++] = value;
}

/* Every header and parameter whose name the set calls secret, as it was sent. */
static void add_sent(pool *p, secrets *list, const fixture_set *set, const world_request *request) {
  const json *names = json_get(set->setup, "secrets");
  for (const json *one = names == NULL ? NULL : names->first; one != NULL; one = one->next) {
    add_secret(list, world_header(request, one->text));
    add_secret(list, raw_param(p, request->query, one->text));
    if (request->body != NULL) add_secret(list, raw_param(p, request->body, one->text));
    const char *at = strstr(request->url, pool_format(p, "%s=", one->text));
    if (at != NULL)
      add_secret(list, pool_copy(p, at + strlen(one->text) + 1, strcspn(at + strlen(one->text) + 1, "&")));
  }
}

static const char *find_secret(pool *p, const secrets *list, const char *where, const char *text) {
  for (uint32_t i = 0; text != NULL && i < list->count; i++)
    if (strstr(text, list->values[i]) != NULL) return pool_format(p, "%s holds %s:\n%s", where, list->values[i], text);
  return NULL;
}

typedef struct keys {
  const char *secret;
  int echo; /* replies repeat the key and the signature, as an unkind gateway might */
} keys;

static void use_keys(bourse_options *options, bourse_credentials *credentials, void *user_data) {
  const keys *k = user_data;
  credentials->api_key = API_KEY;
  credentials->secret = k->secret;
  if (credentials->passphrase != NULL) credentials->passphrase = SECRET;
  options->keep_raw = BOURSE_YES;
}

typedef struct echoing {
  fixture_run run;
  int (*answer)(world *w, world_request *request, world_reply *reply);
} echoing;

static int answer_echo(world *w, world_request *request, world_reply *reply) {
  echoing *e = w->answer_data;
  w->answer_data = &e->run;
  int answered = e->answer(w, request, reply);
  w->answer_data = e;
  secrets sent = {.count = 0};
  add_secret(&sent, API_KEY);
  add_sent(&w->memory, &sent, e->run.set, request);
  buffer body = {0};
  const char *message = json_text_of(json_get(e->run.one->value, "error"), "exchange_message"), *at = NULL;
  if (answered && reply->error == 0 && message != NULL && reply->length > 0)
    at = strstr(pool_copy(&w->memory, reply->body, reply->length), message);
  if (at != NULL) {
    /* Behind the exchange's own words stands what was sent. */
    const char *copy = pool_copy(&w->memory, reply->body, reply->length);
    size_t before = (size_t)(strstr(copy, message) - copy) + strlen(message);
    buffer_add(&body, copy, before);
    for (uint32_t i = 0; i < sent.count; i++) {
      buffer_string(&body, " ");
      buffer_string(&body, sent.values[i]);
    }
    buffer_string(&body, copy + before);
    reply->body = pool_copy(&w->memory, body.data, body.length);
    reply->length = body.length;
    buffer_free(&body);
  }
  return answered;
}

static const char *check_secrets(pool *p, const fixture_set *set, const fixture_case *one, keys *k) {
  echoing e = {.run = {.change_options = use_keys, .user_data = k}};
  fixture_run *run = &e.run;
  bourse_result *result = NULL;
  secrets list = {.count = 0};
  fixture_open(run, set, one);
  if (run->handle == NULL) { /* keys of this kind are not for this exchange, or the case opens nothing */
    run->wrong = NULL;
    fixture_close(run);
    return run->wrong;
  }
  if (k->echo) {
    e.answer = run->w.answer;
    run->w.answer = answer_echo;
    run->w.answer_data = &e;
  }
  int32_t code = bourse_execute(&result, run->handle, &run->request);
  add_secret(&list, &API_KEY[4]); /* the first four characters may be shown */
  add_secret(&list, SECRET);
  add_secret(&list, PEM_BODY);
  for (const world_request *request = run->w.requests; request != NULL; request = request->next)
    add_sent(p, &list, set, request);
  const char *wrong = find_secret(p, &list, "the log", run->w.log.data);
  if (wrong == NULL) wrong = find_secret(p, &list, "a record", run->w.wire.data);
  if (wrong == NULL)
    wrong = find_secret(p, &list, "the error", error_text(p, code, bourse_context_error(run->context)));
  if (wrong == NULL && result != NULL && !k->echo) wrong = find_secret(p, &list, "the result", result_text(p, result));
  if (wrong == NULL && run->w.requests != NULL && run->w.wire.length == 0) wrong = "no record was made";
  bourse_result_free(result);
  run->wrong = NULL;
  fixture_close(run);
  return wrong != NULL ? wrong : run->wrong;
}

static void hide(suite *s, const fixture_case *one) {
  pool p = {NULL};
  keys plain = {SECRET, 0}, pem = {PEM, 0}, echo = {SECRET, 1};
  judge(s, one, "secrets", check_secrets(&p, s->set, one, &plain));
  judge(s, one, "secrets of a private key", check_secrets(&p, s->set, one, &pem));
  if (json_get(one->value, "error") != NULL)
    judge(s, one, "secrets that the exchange repeats", check_secrets(&p, s->set, one, &echo));
  pool_free(&p);
}

/* --- All --- */

static void check_exchange(suite *s, const char *folder, const char *name) {
  fixture_set set;
  s->set = &set;
  if (!fixture_load(&set, folder, name)) s->t.failed++;
  for (const fixture_case *one = set.cases; one != NULL; one = one->next) {
    pool p = {NULL};
    if (s->only != NULL && strstr(one->label, s->only) == NULL) continue;
    judge(s, one, "three ways", compare_ways(&p, &set, one));
    give_up(s, one);
    hide(s, one);
    pool_free(&p);
  }
  fixture_free(&set);
}

int main(int argc, char **argv) {
  suite s = {.only = NULL};
  pool p = {NULL};
  const char *folder = NULL;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
      s.only = argv[++i];
    else
      folder = argv[i];
  }
  char **names = folder == NULL ? NULL : list_folder(&p, folder);
  if (names == NULL) {
    fprintf(stderr, "usage: ways DIR [--only PART]\n");
    return 2;
  }
  for (; *names != NULL; names++) {
    char *path = join_path(&p, folder, *names);
    if (file_exists(join_path(&p, path, "setup.json"))) check_exchange(&s, path, *names);
  }
  pool_free(&p);
  return tally_finish(&s.t, "ways");
}
