/* fixture.c */
#include "conformance/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "support/members.h"
#include "support/query.h"

/* --- Reading --- */

/* 1 for streams, and for requests of which a step goes over a socket. */
static int is_of_sockets(const fixture_case *one) {
  const bourse_operation_info *info = bourse_schema_operation(one->operation);
  const json *steps = json_get(one->value, "steps");
  if (info != NULL && (info->flags & BOURSE_OPERATION_STREAM) != 0) return 1;
  for (const json *step = steps == NULL ? one->value : steps->first; step != NULL;
       step = steps == NULL ? NULL : step->next)
    if (json_get(json_get(step, "request"), "message") != NULL) return 1;
  return 0;
}

/* ends[0]: of the cases over HTTP; ends[1]: of those over sockets. */
static int read_cases(fixture_set *set, const char *folder, const char *file, fixture_case ***ends) {
  size_t length;
  const char *path = join_path(&set->memory, folder, file), *error = NULL;
  const char *bytes = read_file(&set->memory, path, &length);
  if (bytes == NULL) return 0;
  const char *cursor = bytes, *last = bytes, *stop = bytes + length;
  int line = 1;
  for (json *value; (value = json_parse_next(&set->memory, &cursor, stop, &error)) != NULL; last = value->end) {
    for (const char *at = last; at < value->begin; at++) line += *at == '\n';
    const char *operation = json_text_of(value, "operation"), *name = json_text_of(value, "name");
    fixture_case *one = pool_alloc(&set->memory, sizeof *one);
    one->value = value;
    one->operation = bourse_operation_by_name(operation);
    one->label = pool_format(&set->memory, "%s:%d %s%s%s%s", file, line, operation == NULL ? "?" : operation,
                             name == NULL ? "" : " (", name == NULL ? "" : name, name == NULL ? "" : ")");
    for (const char *at = value->begin; at < value->end; at++) line += *at == '\n';
    if (one->operation == 0) {
      printf("FAILED %s: there is no such operation\n", one->label);
      return 0;
    }
    fixture_case ***end = &ends[is_of_sockets(one)];
    **end = one;
    *end = &one->next;
    set->count++;
  }
  if (error != NULL) printf("FAILED %s: %s in line %d or later\n", path, error, line);
  return error == NULL;
}

static int read_markets(fixture_set *set, const char *folder) {
  const json *markets = json_get(set->setup, "markets");
  const bourse_member_info *product = find_member(bourse_schema_request(), "product");
  for (const json *one = markets == NULL ? NULL : markets->first; one != NULL && set->market_count < 4;
       one = one->next) {
    fixture_markets *m = &set->markets[set->market_count++];
    m->product = bourse_enum_value_of(product->enumeration, one->key);
    m->bytes = read_file(&set->memory, join_path(&set->memory, folder, one->text), &m->length);
    if (m->product == 0 || m->bytes == NULL) {
      printf("FAILED %s/setup.json: markets.%s cannot be used\n", folder, one->key);
      return 0;
    }
  }
  return 1;
}

int fixture_load(fixture_set *out, const char *folder, const char *exchange) {
  size_t length;
  memset(out, 0, sizeof *out);
  fixture_case **ends[2] = {&out->cases, &out->streams};
  out->exchange = exchange;
  char *path = join_path(&out->memory, folder, "setup.json");
  const char *bytes = file_exists(path) ? read_file(&out->memory, path, &length) : NULL, *error = "not there";
  out->setup = bytes == NULL ? NULL : json_parse(&out->memory, bytes, length, &error);
  char **names = list_folder(&out->memory, folder);
  if (out->setup == NULL || names == NULL) {
    printf("FAILED %s: %s\n", path, error);
    return 0;
  }
  const char *now = json_text_of(out->setup, "now_ms");
  out->now_ms = now == NULL ? INT64_C(1760000000123) : strtoll(now, NULL, 10);
  if (!read_markets(out, folder)) return 0;
  for (; *names != NULL; names++)
    if (ends_with(*names, ".jsonl") && !read_cases(out, folder, *names, ends)) return 0;
  return 1;
}

void fixture_free(fixture_set *set) { pool_free(&set->memory); }

/* --- Parts of a case --- */

const json *case_step(const fixture_case *one, uint32_t index) {
  const json *steps = json_get(one->value, "steps");
  if (steps != NULL) return json_at(steps, index);
  return index == 0 && (case_has_request(one) || case_has_reply(one)) ? one->value : NULL;
}

int case_has_request(const fixture_case *one) {
  const json *steps = json_get(one->value, "steps");
  return json_get(steps == NULL ? one->value : steps->first, "request") != NULL;
}

static int has_reply(const json *step) {
  return json_get(step, "reply") != NULL || json_get(step, "reply_text") != NULL || json_get(step, "status") != NULL;
}

int case_has_reply(const fixture_case *one) {
  const json *steps = json_get(one->value, "steps");
  return has_reply(steps == NULL ? one->value : steps->first);
}

int step_reply(pool *p, const json *step, world_reply *out) {
  const json *reply = json_get(step, "reply"), *headers = json_get(step, "headers");
  const char *text = json_text_of(step, "reply_text"), *status = json_text_of(step, "status");
  memset(out, 0, sizeof *out);
  if (!has_reply(step)) return 0;
  out->status = status == NULL ? 200 : (int32_t)strtol(status, NULL, 10);
  out->body = text != NULL ? text : reply != NULL ? reply->begin : "";
  out->length = text != NULL ? strlen(text) : reply != NULL ? (size_t)(reply->end - reply->begin) : 0;
  bourse_http_header *list = pool_alloc(p, ((headers == NULL ? 0 : headers->count) + 1) * sizeof *list);
  for (const json *one = headers == NULL ? NULL : headers->first; one != NULL; one = one->next) {
    list[out->header_count].name = one->key;
    list[out->header_count++].value = one->text;
  }
  out->headers = list;
  return 1;
}

/* --- What was sent --- */

static int is_unchecked(const fixture_set *set, const char *name) {
  const json *list = json_get(set->setup, "unchecked");
  for (const json *one = list == NULL ? NULL : list->first; one != NULL; one = one->next)
    if (strcmp(one->text, name) == 0) return 1;
  return 0;
}

static int same_param(const char *expected, const char *got) {
  return strcmp(expected, "*") == 0 ? *got != '\0' : strcmp(expected, got) == 0;
}

/* Parameters of a query or form against an object of exact texts. */
static const char *compare_params(pool *p, const fixture_set *set, const char *place, const json *expected,
                                  const char *raw) {
  const char *rest = raw, *name, *value;
  for (const json *one = expected == NULL ? NULL : expected->first; one != NULL; one = one->next) {
    const char *got = raw_param(p, raw, one->key);
    if (got == NULL || !same_param(one->text, got))
      return pool_format(p, "%s.%s is %s, expected %s", place, one->key, got == NULL ? "not sent" : got, one->text);
  }
  while (next_param(p, &rest, &name, &value))
    if (json_get(expected, name) == NULL && !is_unchecked(set, name))
      return pool_format(p, "%s.%s is sent besides: %s", place, name, value);
  return NULL;
}

const char *fixture_compare_json(pool *p, const char *path, const json *expected, const json *got) {
  if (expected->kind == JSON_STRING && strcmp(expected->text, "*") == 0) return NULL;
  if (expected->kind != got->kind)
    return pool_format(p, "%s is a %s, expected a %s", path, json_kind_name(got->kind), json_kind_name(expected->kind));
  if (expected->kind != JSON_OBJECT && expected->kind != JSON_ARRAY)
    return strcmp(expected->text, got->text) == 0
               ? NULL
               : pool_format(p, "%s is %s, expected %s", path, got->text, expected->text);
  if (expected->count != got->count)
    return pool_format(p, "%s has %u members, expected %u", path, got->count, expected->count);
  uint32_t index = 0;
  for (const json *one = expected->first; one != NULL; one = one->next, index++) {
    const json *other = one->key != NULL ? json_get(got, one->key) : json_at(got, index);
    const char *inner =
        one->key != NULL ? pool_format(p, "%s.%s", path, one->key) : pool_format(p, "%s[%u]", path, index);
    const char *wrong =
        other == NULL ? pool_format(p, "%s is not sent", inner) : fixture_compare_json(p, inner, one, other);
    if (wrong != NULL) return wrong;
  }
  return NULL;
}

static const char *compare_body(pool *p, const fixture_set *set, const json *expected, const world_request *request) {
  const json *wanted = json_get(expected, "json");
  const char *body = request->body == NULL ? "" : request->body;
  if (wanted == NULL) return compare_params(p, set, "body", json_get(expected, "body"), body);
  json *got = json_parse(p, body, strlen(body), NULL);
  return got == NULL ? "the body is not JSON" : fixture_compare_json(p, "json", wanted, got);
}

const char *fixture_compare_request(pool *p, const fixture_set *set, const json *expected,
                                    const world_request *request) {
  const char *url = pool_format(p, "%s://%s%s", request->scheme, request->host, request->path);
  const json *headers = json_get(expected, "headers");
  if (!json_is(expected, "method", request->method))
    return pool_format(p, "%s is sent, expected %s", request->method, json_text_of(expected, "method"));
  if (!json_is(expected, "url", url))
    return pool_format(p, "%s is asked, expected %s", url, json_text_of(expected, "url"));
  const char *wrong = compare_params(p, set, "query", json_get(expected, "query"), request->query);
  if (wrong == NULL) wrong = compare_body(p, set, expected, request);
  for (const json *one = headers == NULL ? NULL : headers->first; one != NULL && wrong == NULL; one = one->next) {
    const char *got = world_header(request, one->key);
    if (got == NULL || !same_param(one->text, got))
      wrong = pool_format(p, "header %s is %s, expected %s", one->key, got == NULL ? "not sent" : got, one->text);
  }
  return wrong;
}

/* "refusals": how the exchange refuses anything, by what URLs begin with. */
static int refuse(world *w, world_request *request, world_reply *reply) {
  fixture_run *run = w->answer_data;
  const json *all = json_get(run->set->setup, "refusals");
  run->refusal = NULL;
  for (const json *one = all == NULL ? NULL : all->first; one != NULL && run->refusal == NULL; one = one->next) {
    const char *url = json_text_of(one, "url");
    if (url != NULL && strncmp(request->url, url, strlen(url)) == 0) run->refusal = one;
  }
  run->step++;
  if (run->refusal == NULL && run->wrong == NULL)
    run->wrong = pool_format(&w->memory, "no refusal in setup.json is for %s", request->url);
  if (run->refusal == NULL || !step_reply(&w->memory, run->refusal, reply)) reply->error = BOURSE_ERROR_DISCONNECTED;
  return 1;
}

static int answer(world *w, world_request *request, world_reply *reply) {
  fixture_run *run = w->answer_data;
  const json *step = run->step < run->step_count ? run->steps[run->step] : NULL, *expected = json_get(step, "request");
  const char *wrong = NULL;
  if (step == NULL)
    wrong = pool_format(&w->memory, "sent besides: %s %s", request->method, request->url);
  else if (expected != NULL)
    wrong = fixture_compare_request(&w->memory, run->set, expected, request);
  if (wrong != NULL && run->wrong == NULL) run->wrong = wrong;
  run->step++;
  if (step == NULL || !step_reply(&w->memory, step, reply)) reply->error = BOURSE_ERROR_DISCONNECTED;
  return 1;
}

/* --- Running --- */

static const char *open_handle(fixture_run *run) {
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  const json *keys = json_get(run->set->setup, "credentials"), *asked = json_get(run->one->value, "options");
  credentials.api_key = json_text_of(keys, "api_key");
  credentials.secret = json_text_of(keys, "secret");
  credentials.passphrase = json_text_of(keys, "passphrase");
  options.credentials = &credentials;
  options.clock_sync = BOURSE_NO;
  options.retry_limit = UINT32_MAX;
  options.market_refresh_ms = -1;
  const char *wrong = set_options(&run->w.memory, &options, asked);
  if (wrong != NULL) return wrong;
  credentials.environment = options.environment;
  if (json_get(asked, "credentials") != NULL && json_get(asked, "credentials")->kind == JSON_FALSE)
    options.credentials = NULL;
  if (run->change_options != NULL) run->change_options(&options, &credentials, run->user_data);
  if (bourse_open(&run->handle, run->context, run->set->exchange, &options) != BOURSE_OK)
    return pool_format(&run->w.memory, "cannot be opened: %s", bourse_context_error(run->context)->message);
  for (uint32_t i = 0; i < run->set->market_count; i++) {
    const fixture_markets *m = &run->set->markets[i];
    if (bourse_markets_load(run->handle, m->product, m->bytes, m->length) != BOURSE_OK)
      return pool_format(&run->w.memory, "markets: %s", bourse_context_error(run->context)->message);
  }
  return NULL;
}

void fixture_open(fixture_run *run, const fixture_set *set, const fixture_case *one) {
  void (*change_options)(bourse_options *, bourse_credentials *, void *) = run->change_options;
  void *user_data = run->user_data;
  memset(run, 0, sizeof *run);
  run->change_options = change_options;
  run->user_data = user_data;
  run->set = set;
  run->one = one;
  world_init(&run->w, set->now_ms);
  run->w.answer = answer;
  run->w.answer_data = run;
  while (run->step_count < 16 && (run->steps[run->step_count] = case_step(one, run->step_count)) != NULL)
    run->step_count++;
  run->context = world_context(&run->w);
  if (run->context == NULL) {
    run->wrong = "no context";
    return;
  }
  run->wrong = open_handle(run);
  if (run->wrong == NULL)
    run->wrong = make_request(&run->w.memory, &run->request, one->operation, json_get(one->value, "args"));
}

void fixture_close(fixture_run *run) {
  bourse_close(run->handle);
  bourse_context_free(run->context);
  run->handle = NULL;
  run->context = NULL;
  if (world_free(&run->w) != 0 && run->wrong == NULL) run->wrong = "memory was not given back";
}

int fixture_acts(const fixture_run *run, const world_request *request) {
  const bourse_adapter *adapter = run->handle->adapter;
  int known = 0;
  for (uint32_t i = 0; i < adapter->endpoint_count; i++) {
    const bourse_endpoint *one = &adapter->endpoints[i];
    if (one->path == NULL || strcmp(one->path, request->path) != 0 || strcmp(one->method, request->method) != 0)
      continue;
    if ((one->flags & BOURSE_ENDPOINT_ACTS) != 0) return 1;
    known = 1;
  }
  return !known && strcmp(request->method, "GET") != 0;
}

/* --- What came of it --- */

const char *fixture_compare_error(pool *p, const json *expected, const bourse_error *error) {
  const struct {
    const char *name, *got;
  } texts[] = {
      {"code", bourse_error_name(error->code)},
      {"outcome", bourse_outcome_name(error->outcome)},
      {"exchange_code", error->exchange_code},
      {"exchange_message", error->exchange_message},
      {"field", error->field},
      {"retry_after_ms", pool_format(p, "%lld", (long long)error->retry_after_ms)},
      {"http_status", pool_format(p, "%d", error->http_status)},
      {"client_order_id", error->client_order_id},
  };
  for (const json *one = expected->first; one != NULL; one = one->next) {
    size_t i = 0;
    while (i < sizeof texts / sizeof texts[0] && strcmp(texts[i].name, one->key) != 0) i++;
    if (i == sizeof texts / sizeof texts[0]) return pool_format(p, "error.%s is not known here", one->key);
    if (one->text == NULL || strcmp(texts[i].got, one->text) != 0)
      return pool_format(p, "error.%s is \"%s\", expected \"%s\" (%s)", one->key, texts[i].got,
                         one->text == NULL ? "" : one->text, error->message);
  }
  return NULL;
}

static const char *compare_records(pool *p, const fixture_case *one, const bourse_result *result) {
  const json *expected = json_get(one->value, "expect");
  const char *count = json_text_of(one->value, "count"), *cursor = json_text_of(one->value, "cursor");
  uint32_t wanted = count != NULL ? (uint32_t)strtoul(count, NULL, 10) : expected != NULL ? expected->count : 0;
  if ((count != NULL || expected != NULL) && bourse_result_count(result) != wanted)
    return pool_format(p, "%u records, expected %u", bourse_result_count(result), wanted);
  uint32_t index = 0;
  for (const json *record = expected == NULL ? NULL : expected->first; record != NULL; record = record->next, index++) {
    const char *wrong = compare_record(p, bourse_result_kind(result), bourse_result_record(result, index), record);
    if (wrong != NULL) return pool_format(p, "record %u: %s", index, wrong);
  }
  const char *got = bourse_result_cursor(result);
  if (cursor != NULL && (got == NULL || strcmp(got, cursor) != 0))
    return pool_format(p, "the cursor is %s, expected %s", got == NULL ? "absent" : got, cursor);
  return NULL;
}

const char *fixture_compare(pool *p, const fixture_case *one, const bourse_result *result, const bourse_error *error) {
  const json *expected = json_get(one->value, "error");
  if (expected != NULL)
    return result != NULL ? "it came through, an error was expected" : fixture_compare_error(p, expected, error);
  if (result != NULL) return compare_records(p, one, result);
  if (!case_has_reply(one)) return NULL; /* only the request was to be checked */
  return pool_format(p, "%s: %s (%s)", bourse_error_name(error->code), error->message, error->field);
}

const char *fixture_check(pool *p, const fixture_set *set, const fixture_case *one) {
  fixture_run run = {.change_options = NULL};
  bourse_result *result = NULL;
  fixture_open(&run, set, one);
  if (run.wrong == NULL) {
    bourse_execute(&result, run.handle, &run.request);
    const bourse_error *error = bourse_context_error(run.context);
    const char *wrong = fixture_compare(p, one, result, error);
    if (run.wrong == NULL && run.step < run.step_count && result == NULL && error->outcome <= BOURSE_OUTCOME_NOT_SENT)
      run.wrong = pool_format(&run.w.memory, "nothing was sent: %s: %s (%s)", bourse_error_name(error->code),
                              error->message, error->field);
    if (run.wrong == NULL && run.step < run.step_count)
      run.wrong = pool_format(&run.w.memory, "step %u was not sent", run.step);
    if (run.wrong == NULL) run.wrong = wrong;
    bourse_result_free(result);
  }
  const char *wrong = pool_string(p, run.wrong);
  run.wrong = NULL;
  fixture_close(&run);
  return wrong != NULL ? wrong : run.wrong;
}

const char *fixture_refuse(pool *p, const fixture_set *set, const fixture_case *one) {
  fixture_run run = {.change_options = NULL};
  bourse_result *result = NULL;
  const char *wrong = NULL;
  fixture_open(&run, set, one);
  run.w.answer = refuse;
  if (run.wrong == NULL) {
    bourse_execute(&result, run.handle, &run.request);
    const json *expected = json_get(run.refusal, "error");
    if (run.wrong == NULL && run.step == 0) wrong = "nothing was sent that could be refused";
    if (run.wrong == NULL && run.step > 0 && result != NULL) wrong = "it was refused, and came through";
    if (run.wrong == NULL && run.step > 0 && result == NULL)
      wrong = fixture_compare_error(p, expected, bourse_context_error(run.context));
    bourse_result_free(result);
  }
  if (run.wrong != NULL) wrong = pool_string(p, run.wrong);
  run.wrong = NULL;
  fixture_close(&run);
  return wrong != NULL ? wrong : run.wrong;
}
