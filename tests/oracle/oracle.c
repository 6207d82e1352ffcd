/* oracle.c - `oracle FILE.jsonl [--markets-dir DIR] [--credentials FILE] [--only ID]`: replays each case of a request oracle
 * (its README describes the format) through the library with a made-up network, and compares what it sends. */
#include <stdio.h>
#include <string.h>

#include "oracle/oracle.h"
#include "support/files.h"

static const oracle_exchange exchanges[] = {
    {"binance", "binance", BOURSE_PRODUCT_SPOT, "binance", 0, 0, 0},
    {"binanceusdm", "binance", BOURSE_PRODUCT_LINEAR, "binance", 0, 0, 0},
    {"bybit", "bybit", BOURSE_PRODUCT_SPOT, "bybit", 0, 0, 1},
    {"coinbase", "coinbase", BOURSE_PRODUCT_SPOT, "coinbase", 1, 0, 0},
    {"kraken", "kraken", BOURSE_PRODUCT_SPOT, "kraken", 0, 0, 1},
    {"krakenfutures", "kraken", BOURSE_PRODUCT_LINEAR, "krakenfutures", 0, 1, 1},
    {"kucoin", "kucoin", BOURSE_PRODUCT_SPOT, "kucoin", 1, 0, 0},
    {"kucoinfutures", "kucoin", BOURSE_PRODUCT_LINEAR, "kucoin", 1, 0, 0},
    {"okx", "okx", BOURSE_PRODUCT_SPOT, "okx", 1, 0, 0},
};

const oracle_exchange *oracle_exchange_of(const char *id) {
  for (size_t i = 0; id != NULL && i < sizeof exchanges / sizeof exchanges[0]; i++)
    if (strcmp(exchanges[i].id, id) == 0) return &exchanges[i];
  return NULL;
}

typedef struct suite {
  pool memory; /* of the whole run */
  const char *markets_dir;
  json *credentials;
  json *markets[sizeof exchanges / sizeof exchanges[0]]; /* by exchange, read when first needed */
  const char *only;
  tally t;
} suite;

/* One case under way. */
typedef struct running_case {
  suite *s;
  world w;
  const json *row;
  const oracle_exchange *exchange;
  const json *credentials; /* NULL: none */
  int failed;
} running_case;

static void complain(running_case *c, const char *what, const char *text) {
  if (!c->failed) printf("FAILED %s\n", json_text_of(c->row, "id"));
  printf("  %s%s%s\n", what, text == NULL ? "" : ": ", text == NULL ? "" : text);
  c->failed = 1;
}

/* --- The made-up network: markets are answered, the rest ends there --- */

static int row_answers(pool *p, const json *row, const world_request *request) {
  const json *query = json_get(row, "query");
  if (!json_is(row, "method", request->method) || !json_is(row, "host", request->host) ||
      !json_is(row, "path", request->path))
    return 0;
  for (const json *one = query == NULL ? NULL : query->first; one != NULL; one = one->next) {
    const char *value = raw_param(p, request->query, one->key);
    if (value == NULL || json_text(one) == NULL || strcmp(value, one->text) != 0) return 0;
  }
  return 1;
}

static const json *markets_of(suite *s, const oracle_exchange *exchange) {
  size_t index = (size_t)(exchange - exchanges), length;
  if (s->markets[index] == NULL) {
    const char *path = pool_format(&s->memory, "%s/%s.json", s->markets_dir, exchange->markets), *error;
    const char *bytes = read_file(&s->memory, path, &length);
    s->markets[index] = bytes == NULL ? NULL : json_parse(&s->memory, bytes, length, &error);
    if (bytes != NULL && s->markets[index] == NULL) fprintf(stderr, "%s: %s\n", path, error);
  }
  return s->markets[index];
}

/* The rows of all that are one exchange here: an adapter may load markets of every product. */
static int answer(world *w, world_request *request, world_reply *reply) {
  running_case *c = w->answer_data;
  for (size_t i = 0; i < sizeof exchanges / sizeof exchanges[0]; i++) {
    const json *markets = strcmp(exchanges[i].name, c->exchange->name) == 0 ? markets_of(c->s, &exchanges[i]) : NULL;
    for (const json *row = markets == NULL ? NULL : markets->first; row != NULL; row = row->next) {
      const json *body = json_get(row, "body");
      if (body == NULL || !row_answers(&w->memory, row, request)) continue;
      reply->body = body->begin;
      reply->length = (size_t)(body->end - body->begin);
      return 1;
    }
  }
  reply->error = BOURSE_ERROR_DISCONNECTED;
  return 1;
}

/* --- Comparing one case --- */

static int is_auxiliary(const json *expected) { return json_is_true(json_get(expected, "auxiliary")); }

static int is_free(pool *p, const json *expected, const char *name) {
  const json *free = json_get(expected, "free");
  for (const json *one = free == NULL ? NULL : free->first; one != NULL; one = one->next)
    if (strcmp(one->text, pool_format(p, "query.%s", name)) == 0) return 1;
  return strcmp(name, "signature") == 0;
}

/* Whether the request has all that the other's query has. */
static int has_query(pool *p, const json *expected, const world_request *request) {
  const json *query = json_get(expected, "query");
  for (const json *pair = query == NULL ? NULL : query->first; pair != NULL; pair = pair->next) {
    const char *name = pair->first->text,
               *value = is_free(p, expected, name) ? NULL : raw_param(p, request->query, name);
    if (!is_free(p, expected, name) && (value == NULL || strcmp(value, pair->first->next->text) != 0)) return 0;
  }
  return 1;
}

/* Whether our request is one that the case calls a helper. */
static int is_helper(pool *p, const json *requests, const world_request *request) {
  for (const json *one = requests->first; one != NULL; one = one->next)
    if (is_auxiliary(one) && json_is(one, "http_method", request->method) && json_is(one, "path", request->path) &&
        has_query(p, one, request))
      return 1;
  return 0;
}

static void show_difference(running_case *c, const difference *d) {
  complain(c,
           pool_format(&c->w.memory, "%s: expected %s, sent %s", d->path, d->expected == NULL ? "nothing" : d->expected,
                       d->ours == NULL ? "nothing" : d->ours),
           NULL);
}

static void compare_signatures(running_case *c, const json *expected, const oracle_message *theirs,
                               const oracle_message *ours) {
  const json *signature = json_get(expected, "signature");
  pool *p = &c->w.memory;
  const char *their_value = NULL, *our_value = NULL;
  if (signature == NULL) return;
  const char *wrong = check_signature(p, c->exchange, c->credentials, signature, ours, &our_value);
  if (wrong != NULL) complain(c, "our signature", wrong);
  check_signature(p, c->exchange, c->credentials, signature, theirs, &their_value);
  int same_bytes = strcmp(signed_part(p, theirs), signed_part(p, ours)) == 0 && strcmp(theirs->path, ours->path) == 0;
  if (json_is_true(json_get(signature, "reproducible")) && same_bytes && their_value != NULL && our_value != NULL &&
      strcmp(their_value, our_value) != 0)
    complain(c, "our signature of the same bytes is another", our_value);
}

static void compare_request(running_case *c, const json *expected, const world_request *request) {
  pool *p = &c->w.memory;
  oracle_message theirs, ours;
  message_of_case(p, &theirs, expected);
  message_of_ours(p, &ours, request);
  difference *list = compare_messages(p, c->exchange, expected, &theirs, &ours);
  apply_rules(c->exchange, request->method, request->path, pool_format(p, "%s?%s", ours.path, ours.query), list);
  for (difference *d = list; d != NULL; d = d->next) {
    if (d->noted == NULL)
      show_difference(c, d);
    else
      printf("noted disagreement %s: %s: %s is sent where the other client sends %s: %s\n", json_text_of(c->row, "id"),
             d->path, d->ours == NULL ? "nothing" : d->ours, d->expected == NULL ? "nothing" : d->expected, d->noted);
  }
  compare_signatures(c, expected, &theirs, &ours);
}

static int is_left_out(running_case *c, const json *expected) {
  oracle_message theirs;
  message_of_case(&c->w.memory, &theirs, expected);
  const char *reason = reason_unsent(c->exchange, &theirs);
  if (reason != NULL)
    printf("noted disagreement %s: %s?%s is not sent: %s\n", json_text_of(c->row, "id"), theirs.path, theirs.query,
           reason);
  return reason != NULL;
}

static void compare_case(running_case *c, int32_t code, const bourse_error *error) {
  const json *requests = json_get(c->row, "requests");
  const world_request *ours = c->w.requests;
  for (const json *expected = requests == NULL ? NULL : requests->first; expected != NULL; expected = expected->next) {
    if (is_auxiliary(expected)) continue;
    while (ours != NULL && is_helper(&c->w.memory, requests, ours)) ours = ours->next;
    if (is_left_out(c, expected)) continue;
    if (ours == NULL) {
      complain(c,
               pool_format(&c->w.memory, "%s %s was not sent: %s", json_text_of(expected, "http_method"),
                           json_text_of(expected, "path"), bourse_error_name(code)),
               code == BOURSE_OK ? NULL : error->message);
      return;
    }
    compare_request(c, expected, ours);
    ours = ours->next;
  }
  for (; ours != NULL; ours = ours->next)
    if (!is_helper(&c->w.memory, requests, ours)) complain(c, "sent besides", ours->url);
}

/* --- Running one case --- */

/* Where KuCoin's other client knows no way of classic accounts, the path tells which account it is. */
static int is_of_unified_account(const json *row) {
  static const char prefix[] = "/api/ua/v1/unified/";
  const json *requests = json_get(row, "requests");
  const char *path = requests == NULL || requests->first == NULL ? NULL : json_text_of(requests->first, "path");
  return path != NULL && strncmp(path, prefix, sizeof prefix - 1) == 0;
}

static bourse_exchange *open_handle(running_case *c, bourse_context *context, int32_t check_orders) {
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_exchange *handle;
  credentials.api_key = json_text_of(c->credentials, "apiKey");
  credentials.secret = json_text_of(c->credentials, "secret");
  credentials.passphrase = json_text_of(c->credentials, "password");
  if (c->credentials != NULL) options.credentials = &credentials;
  options.product = c->exchange->product;
  if (json_is(c->row, "product", "margin") && strcmp(c->exchange->id, "okx") == 0) /* for what takes none itself */
    options.margin_mode =
        json_is(json_get(c->row, "params"), "marginMode", "isolated") ? BOURSE_MARGIN_ISOLATED : BOURSE_MARGIN_CROSS;
  options.clock_sync = BOURSE_NO;
  options.allow_withdrawals = BOURSE_YES;
  options.retry_limit = UINT32_MAX;
  options.market_refresh_ms = -1;
  options.check_orders = check_orders;
  /* What another client tells one order, or with each call, is a setting here. */
  const json *params = json_get(c->row, "params");
  bourse_param settings[3];
  memset(settings, 0, sizeof settings);
  if (json_is_true(json_get(params, "sync")))
    settings[options.setting_count++] = (bourse_param){.name = "sync", .value = "yes"};
  if (json_is_true(json_get(params, "uta")) || is_of_unified_account(c->row))
    settings[options.setting_count++] = (bourse_param){.name = "account", .value = "unified"};
  if (json_is_true(json_get(params, "sor")))
    settings[options.setting_count++] = (bourse_param){.name = "endpoint.create_order", .value = "/api/v3/sor/order"};
  options.settings = settings;
  if (bourse_open(&handle, context, c->exchange->name, &options) == BOURSE_OK) return handle;
  complain(c, "cannot be opened", bourse_context_error(context)->message);
  return NULL;
}

static void load_markets(running_case *c, bourse_context *context, bourse_exchange *handle) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_MARKETS);
  bourse_result *result;
  if (bourse_execute(&result, handle, &request) != BOURSE_OK)
    complain(c, "markets", bourse_context_error(context)->message);
  bourse_result_free(result);
  world_forget(&c->w);
}

/* Runs the call on a handle of its own, and compares what it sent. BOURSE_ERROR_LIMIT when nothing was sent for that. */
static int32_t run_call(running_case *c, bourse_context *context, int32_t check_orders) {
  bourse_result *result = NULL;
  bourse_exchange *handle = open_handle(c, context, check_orders);
  oracle_call call = {&c->w.memory, c->exchange, c->row, handle, BOURSE_REQUEST_INIT(0), NULL};
  int32_t code = BOURSE_OK;
  if (handle == NULL) return BOURSE_OK;
  load_markets(c, context, handle);
  oracle_map(&call);
  if (call.error != NULL) {
    complain(c, call.error, NULL);
  } else {
    code = bourse_execute(&result, handle, &call.request);
    const bourse_error *error = bourse_context_error(context);
    if (code == BOURSE_ERROR_LIMIT && c->w.requests == NULL && check_orders == BOURSE_UNSET)
      printf("noted disagreement %s: sent with the checks off, for the listed markets forbid it: %s\n",
             json_text_of(c->row, "id"), error->message);
    else
      compare_case(c, code, error);
  }
  bourse_result_free(result);
  bourse_close(handle);
  return code;
}

static void run_case(running_case *c) {
  const char *now = json_text_of(c->row, "now_ms");
  int64_t now_ms = 0;
  for (; now != NULL && *now >= '0' && *now <= '9'; now++) now_ms = now_ms * 10 + (*now - '0');
  world_init(&c->w, now_ms);
  c->w.answer = answer;
  c->w.answer_data = c;
  bourse_context *context = world_context(&c->w);
  if (context != NULL && run_call(c, context, BOURSE_UNSET) == BOURSE_ERROR_LIMIT && c->w.requests == NULL)
    run_call(c, context, BOURSE_NO);
  bourse_context_free(context);
  if (world_free(&c->w) != 0) complain(c, "memory was not given back", NULL);
}

static int is_known(const char *name) {
  bourse_context *context;
  int known = 0;
  if (bourse_context_new(&context, NULL) != BOURSE_OK) return 0;
  for (uint32_t i = 0; bourse_exchange_at(context, i) != NULL; i++)
    known |= strcmp(bourse_exchange_at(context, i), name) == 0;
  bourse_context_free(context);
  return known;
}

/* The checker of signatures must itself find the case's own signature right. */
static void check_checker(running_case *c) {
  pool p = {NULL};
  const json *requests = json_get(c->row, "requests");
  for (const json *expected = requests == NULL ? NULL : requests->first; expected != NULL; expected = expected->next) {
    const json *signature = json_get(expected, "signature");
    const char *value = NULL;
    oracle_message theirs;
    if (signature == NULL || c->credentials == NULL) continue;
    message_of_case(&p, &theirs, expected);
    const char *wrong = check_signature(&p, c->exchange, c->credentials, signature, &theirs, &value);
    if (wrong != NULL) complain(c, "the case's own signature", wrong);
  }
  pool_free(&p);
}

static void take_case(suite *s, const json *row) {
  const char *id = json_text_of(row, "id"), *keys = json_text_of(row, "credentials");
  running_case c = {.s = s, .row = row, .exchange = oracle_exchange_of(json_text_of(row, "exchange"))};
  if (s->only != NULL && (id == NULL || strstr(id, s->only) == NULL)) return;
  if (c.exchange == NULL) {
    s->t.skipped++;
    return;
  }
  int has_keys = keys != NULL && strcmp(keys, "none") != 0;
  c.credentials = has_keys ? json_get(s->credentials, keys) : NULL;
  if (has_keys && c.credentials == NULL) complain(&c, "no such credentials", keys);
  check_checker(&c);
  if (!c.failed && !is_known(c.exchange->name)) {
    s->t.skipped++;
    return;
  }
  if (!c.failed) run_case(&c);
  *(c.failed ? &s->t.failed : &s->t.passed) += 1;
}

static int read_cases(suite *s, const char *path) {
  size_t length;
  const char *error = NULL, *bytes = read_file(&s->memory, path, &length);
  if (bytes == NULL) return 0;
  const char *cursor = bytes, *end = bytes + length;
  for (json *row; (row = json_parse_next(&s->memory, &cursor, end, &error)) != NULL;) take_case(s, row);
  if (error != NULL) {
    printf("FAILED %s: %s at byte %ld\n", path, error, (long)(cursor - bytes));
    s->t.failed++;
  }
  return 1;
}

int main(int argc, char **argv) {
  suite s = {0};
  const char *path = NULL, *credentials = NULL;
  size_t length;
  for (int i = 1; i < argc; i++) {
    int has_value = i + 1 < argc;
    if (strcmp(argv[i], "--markets-dir") == 0 && has_value)
      s.markets_dir = argv[++i];
    else if (strcmp(argv[i], "--credentials") == 0 && has_value)
      credentials = argv[++i];
    else if (strcmp(argv[i], "--only") == 0 && has_value)
      s.only = argv[++i];
    else
      path = argv[i];
  }
  if (path == NULL) {
    fprintf(stderr, "usage: oracle FILE.jsonl [--markets-dir DIR] [--credentials FILE] [--only PART_OF_ID]\n");
    return 2;
  }
  char *folder = folder_of(&s.memory, path);
  if (s.markets_dir == NULL) s.markets_dir = join_path(&s.memory, folder, "markets");
  if (credentials == NULL) credentials = join_path(&s.memory, folder, "credentials.json");
  const char *keys = read_file(&s.memory, credentials, &length);
  if (keys != NULL) s.credentials = json_parse(&s.memory, keys, length, NULL);
  int status = read_cases(&s, path) ? tally_finish(&s.t, "oracle") : 2;
  pool_free(&s.memory);
  return status;
}
