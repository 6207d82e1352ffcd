/* sim/coinbase.c - Coinbase Advanced Trade: its keys and the tokens they sign, budgets, routing, what the engine's events are
 * to whom, and time.
 *
 * Followed: docs.cdp.coinbase.com, "Advanced Trade API" (authentication, REST reference, WebSocket) and, for what is public
 * there, "Exchange API". All hosts are on one port here: paths tell them apart, and sockets what is said first.
 *
 * Not here: products under two names (BTC-USDC has the book of BTC-USD there), and TWAP and scaled orders, which are refused
 * as configurations that are not supported. */
#include "coinbase.h"

#include <ctype.h>

/* --- Markets --- */

#define DEC(coefficient_, exponent_) \
  { (coefficient_), 0, (exponent_), BOURSE_DECIMAL_PRESENT }

/* Digits are those the outside market moves in: fewer than Coinbase has where its own would be finer. Futures are traded in
 * contracts of one step. */
const sim_market_row coinbase_rows[PAPER_MARKETS] = {
    {"BTC-USD", "BTC/USD", "BTC", "USD", NULL, DEC(1, -2), DEC(1, -5), DEC(1, -5), DEC(3400, 0), DEC(1, 0), DEC(6, -3),
     DEC(12, -3)},
    {"ETH-USD", "ETH/USD", "ETH", "USD", NULL, DEC(1, -2), DEC(1, -4), DEC(1, -4), DEC(50000, 0), DEC(1, 0), DEC(6, -3),
     DEC(12, -3)},
    {"SOL-USD", "SOL/USD", "SOL", "USD", NULL, DEC(1, -2), DEC(1, -3), DEC(1, -3), DEC(400000, 0), DEC(1, 0),
     DEC(6, -3), DEC(12, -3)},
    {"ETH-BTC", "ETH/BTC", "ETH", "BTC", NULL, DEC(1, -5), DEC(1, -4), DEC(1, -4), DEC(50000, 0), DEC(16, -6),
     DEC(6, -3), DEC(12, -3)},
    {"XRP-USD", "XRP/USD", "XRP", "USD", NULL, DEC(1, -4), DEC(1, -1), DEC(1, -1), DEC(9000000, 0), DEC(1, 0),
     DEC(6, -3), DEC(12, -3)},
    {"DOGE-USD", "DOGE/USD", "DOGE", "USD", NULL, DEC(1, -5), DEC(1, 0), DEC(1, 0), DEC(90000000, 0), DEC(1, 0),
     DEC(6, -3), DEC(12, -3)},
    {"BIP-20DEC30-CDE", "BTC/USD:USD", "BTC", "USD", "USD", DEC(50, -1), DEC(1, -2), DEC(1, -2), DEC(50, 0), DEC(1, -3),
     DEC(4, -4), DEC(6, -4)},
    {"ETP-20DEC30-CDE", "ETH/USD:USD", "ETH", "USD", "USD", DEC(50, -2), DEC(1, -1), DEC(1, -1), DEC(1000, 0),
     DEC(1, -3), DEC(4, -4), DEC(6, -4)},
};

int32_t coinbase_market_of(const char *product_id) {
  for (int32_t i = 0; product_id != NULL && i < PAPER_MARKETS; i++)
    if (strcmp(coinbase_rows[i].id, product_id) == 0) return i;
  return -1;
}

/* --- Answers --- */

void coinbase_answer(coinbase_call *call, cJSON *json) { sim_reply_json(call->reply, json); }

int32_t coinbase_fail(coinbase_call *call, int32_t status, const char *error, const char *message) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "error", error);
  cJSON_AddStringToObject(json, "error_details", message);
  cJSON_AddStringToObject(json, "message", message);
  sim_reply_status(call->reply, status);
  coinbase_answer(call, json);
  call->failed = 1;
  return 0;
}

int32_t coinbase_fail_v2(coinbase_call *call, int32_t status, const char *id, const char *message) {
  cJSON *json = cJSON_CreateObject(), *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "id", id);
  cJSON_AddStringToObject(row, "message", message);
  cJSON_AddItemToArray(cJSON_AddArrayToObject(json, "errors"), row);
  sim_reply_status(call->reply, status);
  coinbase_answer(call, json);
  call->failed = 1;
  return 0;
}

static void say(coinbase_call *call, int32_t status, const char *text) {
  sim_reply_status(call->reply, status);
  sim_reply_text(call->reply, "text/plain", text);
  call->failed = 1;
}

/* --- Parameters --- */

const char *coinbase_query(const coinbase_call *call, const char *name) {
  const char *text = sim_query(call->request, name);
  return text != NULL && text[0] != '\0' ? text : NULL;
}

const char *coinbase_member(const coinbase_call *call, const char *name) {
  const char *text = call->body == NULL ? NULL : sim_json_text(call->body, name);
  return text != NULL && text[0] != '\0' ? text : NULL;
}

int32_t coinbase_has(const coinbase_call *call, const char *name) {
  for (uint32_t i = 0; i < sim_param_count(call->request); i++)
    if (strcmp(sim_param_name(call->request, i), name) == 0 && sim_param_value(call->request, i)[0] != '\0') return 1;
  return 0;
}

int32_t coinbase_wants(const coinbase_call *call, const char *name, const char *value) {
  int32_t asked = 0;
  for (uint32_t i = 0; i < sim_param_count(call->request); i++) {
    const char *given = sim_param_value(call->request, i);
    if (strcmp(sim_param_name(call->request, i), name) != 0 || given[0] == '\0') continue;
    if (strcmp(given, value) == 0) return 1;
    asked = 1;
  }
  return !asked;
}

int64_t coinbase_whole(const coinbase_call *call, const char *name, int64_t otherwise) {
  const char *text = coinbase_query(call, name);
  return text == NULL ? otherwise : strtoll(text, NULL, 10);
}

int32_t coinbase_product(coinbase_call *call, const char *product_id) {
  int32_t market = coinbase_market_of(product_id);
  if (market < 0) (void)coinbase_fail(call, 404, "NOT_FOUND", "valid product_id is required");
  return market;
}

/* --- Tokens --- */

#define TOKEN_MAX  4096
#define TOKEN_LIFE 120

/* One part of a token as JSON; *at goes behind it. */
static cJSON *read_part(const char **at) {
  size_t length = strcspn(*at, ".");
  uint8_t *bytes = malloc(length + 8);
  if (bytes == NULL) abort();
  int64_t size = sim_base64url_decode(bytes, *at, length);
  cJSON *json = size > 0 ? sim_json_parse((const char *)bytes, (size_t)size) : NULL;
  free(bytes);
  *at += length + ((*at)[length] == '.');
  return json;
}

/* "GET api.coinbase.com/api/v3/brokerage/accounts". The host is the exchange's own, or the one that was asked here; clients
 * that were pointed to an address without TLS may have put its scheme before it. */
static int32_t is_uri(const char *uri, const char *method, const char *host, const char *path) {
  static const char *const hosts[] = {"api.coinbase.com", "api-sandbox.coinbase.com"};
  size_t length = strlen(method);
  if (uri == NULL || strncmp(uri, method, length) != 0 || uri[length] != ' ') return 0;
  uri += length + 1;
  if (strncmp(uri, "http://", 7) == 0) uri += 7;
  for (size_t i = 0; i < 3; i++) {
    const char *one = i < 2 ? hosts[i] : host == NULL ? "" : host;
    if (one[0] != '\0' && strncmp(uri, one, strlen(one)) == 0 && strcmp(uri + strlen(one), path) == 0) return 1;
  }
  return 0;
}

static int32_t are_claims_good(sim *s, const sim_account *who, const cJSON *claims, const char *method,
                               const char *host, const char *path) {
  const char *subject = sim_json_text(claims, "sub"), *issuer = sim_json_text(claims, "iss"),
             *begins = sim_json_text(claims, "nbf"), *ends = sim_json_text(claims, "exp"),
             *uri = sim_json_text(claims, "uri");
  const cJSON *uris = cJSON_GetObjectItemCaseSensitive(claims, "uris");
  if (uri == NULL && cJSON_IsArray(uris)) uri = sim_json_item_text(uris->child);
  if (subject == NULL || issuer == NULL || begins == NULL || ends == NULL) return 0;
  int64_t now = sim_clock_ns(s) / COINBASE_SECOND, from = strtoll(begins, NULL, 10), to = strtoll(ends, NULL, 10);
  if (strcmp(subject, who->key.api_key) != 0) return 0;
  if (strcmp(issuer, "cdp") != 0 && strcmp(issuer, "coinbase-cloud") != 0) return 0;
  if (from > now || to <= now || to - from > TOKEN_LIFE) return 0;
  return method == NULL || is_uri(uri, method, host, path);
}

sim_account *coinbase_token_account(sim *s, const char *token, const char *method, const char *host, const char *path) {
  uint8_t signature[TOKEN_MAX];
  const char *at = token;
  if (token == NULL || strlen(token) >= TOKEN_MAX) return NULL;
  cJSON *header = read_part(&at), *claims = read_part(&at);
  const char *key = sim_json_text(header, "kid"), *algorithm = sim_json_text(header, "alg");
  sim_account *who = key == NULL ? NULL : sim_account_by_key(s, key);
  const char *expected = who == NULL ? NULL : sim_token_algorithm(who->key.secret);
  size_t signed_length = at > token ? (size_t)(at - token) - 1 : 0;
  int32_t good = expected != NULL && algorithm != NULL && strcmp(algorithm, expected) == 0 &&
                 sim_base64url_decode(signature, at, strlen(at)) == 64 &&
                 are_claims_good(s, who, claims, method, host, path) &&
                 sim_verify_token(who->key.secret, token, signed_length, signature);
  cJSON_Delete(header);
  cJSON_Delete(claims);
  return good ? who : NULL;
}

/* --- Routing --- */

/* NULL, and whether the path is there with another method. */
static const coinbase_row *row_of(coinbase_call *call, int32_t *other) {
  const coinbase_row *const tables[] = {coinbase_market_rows, coinbase_order_rows, coinbase_account_rows,
                                        coinbase_wallet_rows, coinbase_exchange_rows};
  *other = 0;
  for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++)
    for (const coinbase_row *row = tables[t]; row->method != NULL; row++) {
      if (!sim_path_fits(row->path, call->request->path, call->parts, COINBASE_PARTS)) continue;
      if (strcmp(row->method, call->request->method) == 0) return row;
      *other = 1;
    }
  return NULL;
}

#define PUBLIC_RATE  10
#define PRIVATE_RATE 30
#define APP_RATE     10000
#define PARTS_OF_ONE 1000
#define FEED_BURST   15

static int32_t is_v2(const char *path) { return strncmp(path, "/v2/", 4) == 0; }
static int32_t is_exchange(const char *path) { return !is_v2(path) && strncmp(path, "/api/v3/", 8) != 0; }

/* Budgets by second; v2 has one by hour. */
static int32_t take_budget(coinbase_call *call) {
  sim *s = call->s;
  const char *path = call->request->path, *address = call->request->address;
  int64_t limit = call->account != NULL ? PRIVATE_RATE : PUBLIC_RATE, over = 0;
  if (is_v2(path)) {
    const char *who = call->account != NULL ? call->account->key.api_key : address;
    limit = APP_RATE;
    over = sim_take(s, "coinbase app", who, 3600 * COINBASE_SECOND, APP_RATE, 1) > APP_RATE;
  } else if (is_exchange(path)) {
    over = sim_take_leaky(s, "coinbase exchange", address, PUBLIC_RATE * PARTS_OF_ONE, FEED_BURST * PARTS_OF_ONE,
                          PARTS_OF_ONE);
  } else {
    over = sim_take_leaky(s, call->account != NULL ? "coinbase private" : "coinbase public",
                          call->account != NULL ? call->account->key.name : address, limit * PARTS_OF_ONE,
                          limit * PARTS_OF_ONE, PARTS_OF_ONE);
  }
  sim_reply_header(call->reply, "x-ratelimit-limit", "%lld", (long long)limit);
  sim_reply_header(call->reply, "x-ratelimit-remaining", "%lld", over > 0 ? 0LL : (long long)limit - 1);
  sim_reply_header(call->reply, "x-ratelimit-reset", "%lld", (long long)(sim_clock_ns(s) / COINBASE_SECOND + 1));
  if (over <= 0) return 1;
  if (!is_exchange(path)) return coinbase_fail_v2(call, 429, "rate_limit_exceeded", "Too many requests");
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "message", "Public rate limit exceeded");
  sim_reply_status(call->reply, 429);
  coinbase_answer(call, json);
  return 0;
}

/* Whose request it is. 0: refused. */
static int32_t check_key(coinbase_call *call, const coinbase_row *row) {
  const char *given = sim_header(call->request, "Authorization");
  if (row->scope == COINBASE_PUBLIC) return 1;
  if (given != NULL && strncmp(given, "Bearer ", 7) == 0)
    call->account = coinbase_token_account(call->s, given + 7, call->request->method, sim_header(call->request, "Host"),
                                           call->request->path);
  if (call->account == NULL || sim_fault(call->s, "token_dead", "rest")) {
    say(call, 401, "Unauthorized");
    return 0;
  }
  if (row->scope == COINBASE_TRADE && call->account->key.read_only)
    return coinbase_fail(call, 403, "PERMISSION_DENIED", "Missing required scopes");
  if (row->scope == COINBASE_TRANSFER && (call->account->key.read_only || !call->account->key.withdraws))
    return is_v2(row->path) ? coinbase_fail_v2(call, 403, "invalid_scope", "Invalid scope")
                            : coinbase_fail(call, 403, "PERMISSION_DENIED", "Missing required scopes");
  return 1;
}

static int32_t read_body(coinbase_call *call) {
  if (call->request->body_length == 0) return 1;
  call->body = sim_json_parse(call->request->body, call->request->body_length);
  if (cJSON_IsObject(call->body)) return 1;
  return coinbase_fail(call, 400, "INVALID_ARGUMENT", "proto: syntax error (line 1:1): unexpected token");
}

static void not_found(coinbase_call *call, int32_t other_method) {
  if (is_exchange(call->request->path)) {
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "message", other_method ? "MethodNotAllowed" : "NotFound");
    sim_reply_status(call->reply, other_method ? 405 : 404);
    coinbase_answer(call, json);
  } else if (is_v2(call->request->path)) {
    (void)coinbase_fail_v2(call, 404, "not_found", "Not found");
  } else {
    say(call, other_method ? 405 : 404, other_method ? "Method Not Allowed" : "404 page not found");
  }
}

static void answer(sim *s, const sim_request *request, sim_reply *reply) {
  coinbase_call call;
  int32_t other_method;
  memset(&call, 0, sizeof call);
  call.s = s;
  call.request = request;
  call.reply = reply;
  const coinbase_row *row = row_of(&call, &other_method);
  if (row == NULL) {
    not_found(&call, other_method);
    return;
  }
  int32_t acts = strcmp(row->method, "GET") != 0;
  if (!check_key(&call, row) || !take_budget(&call) || !read_body(&call)) {
    /* answered */
  } else if (acts && sim_fault(s, "engine_busy", row->path)) {
    say(&call, 503, "upstream connect error or disconnect/reset before headers");
  } else {
    row->run(&call);
    if (acts && !call.failed && sim_fault(s, "unknown_status", row->path)) /* it was done */
      say(&call, 504, "upstream request timeout");
  }
  cJSON_Delete(call.body);
}

/* --- Numbers and times --- */

static const char *trimmed(int64_t units, int32_t scale) { return sim_units_text(units, scale, -1); }

const char *coinbase_price(sim *s, uint32_t market, int64_t price) {
  return trimmed(price, coinbase_market(s, market)->price_scale);
}

const char *coinbase_amount(sim *s, uint32_t market, int64_t amount) {
  const paper_market *m = coinbase_market(s, market);
  return coinbase_is_future(market) ? trimmed(amount / m->step, 0) : trimmed(amount, m->amount_scale);
}

int32_t coinbase_read_amount(bourse_decimal *out, uint32_t market, const char *text) {
  if (!sim_decimal(out, text)) return 0;
  return !coinbase_is_future(market) || bourse_decimal_mul(out, out, &coinbase_rows[market].step) == BOURSE_OK;
}

void coinbase_add_time(sim *s, cJSON *object, const char *name, int64_t time_ns) {
  char text[SIM_TIME_SIZE];
  cJSON_AddStringToObject(object, name, time_ns == 0 ? "" : sim_iso(text, time_ns + sim_skew_ns(s), 6));
}

const char *coinbase_average(sim *s, uint32_t market, paper_money cost, int64_t amount) {
  if (amount == 0) return "0";
  bourse_decimal average = bourse__paper_average(coinbase_market(s, market), cost, amount, 8);
  bourse_decimal_trim(&average, &average);
  return sim_decimal_text(&average);
}

const char *coinbase_percent_change(int64_t now, int64_t then) {
  __extension__ typedef __int128 wide;
  return then == 0 ? "0" : sim_units_text((int64_t)((wide)(now - then) * 10000000000 / then), 8, -1);
}

void coinbase_add_value(cJSON *object, const char *name, const char *value, const char *currency) {
  cJSON *both = cJSON_AddObjectToObject(object, name);
  cJSON_AddStringToObject(both, "value", value);
  cJSON_AddStringToObject(both, "currency", currency);
}

/* --- Events and time --- */

static void on_event(sim *s, const paper_event *event) {
  if (event->account != UINT32_MAX) {
    if (coinbase_paper_account(s, event->account)->unlimited) return;
    coinbase_user_event(s, event);
  } else {
    coinbase_stream_event(s, event);
  }
}

static void run_sweeps(sim *s) {
  coinbase_state *state = coinbase_of(s);
  for (uint32_t a = 0; a < COINBASE_ACCOUNTS; a++) {
    coinbase_sweep *sweep = &state->sweeps[a];
    if (sweep->due_ns == 0 || sweep->due_ns > sim_now_ns(s)) continue;
    bourse_decimal amount = sweep->amount;
    sweep->due_ns = 0;
    amount.flags |= BOURSE_DECIMAL_NEGATIVE;
    if (sim_deposit(s, a, 1, "USD", &amount, "transfer") == BOURSE_OK)
      (void)sim_deposit(s, a, 0, "USD", &sweep->amount, "transfer");
  }
}

static void tick(sim *s) {
  run_sweeps(s);
  coinbase_flush(s);
  coinbase_tick(s);
}

static int64_t next_ns(const sim *s) {
  sim *mine = (sim *)(uintptr_t)s; /* the accessors are for dialects that change things */
  const coinbase_state *state = coinbase_of(mine);
  int64_t next = INT64_MAX, now_ns = sim_now_ns(s), quarter = COINBASE_SECOND / 4;
  for (uint32_t a = 0; a < COINBASE_ACCOUNTS; a++)
    if (state->sweeps[a].due_ns != 0 && state->sweeps[a].due_ns < next) next = state->sweeps[a].due_ns;
  if (sim_next_socket(mine, NULL) == NULL) return next;
  int64_t due = (now_ns / quarter + 1) * quarter;
  if (due < next) next = due;
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    const coinbase_book *book = &state->books[m];
    if (book->count[0] + book->count[1] + book->fresh > 0 || state->any_moved) next = now_ns;
  }
  return next;
}

/* --- Life --- */

static void open_sim(sim *s) {
  coinbase_state *state = coinbase_of(s);
  sim_records_open(&state->records, sizeof(coinbase_record));
  state->told_second = sim_now_ns(s) / COINBASE_SECOND;
  state->told_quarter = sim_now_ns(s) / (COINBASE_SECOND / 4);
  for (uint32_t i = 0; sim_account_at(s, i) != NULL; i++)
    for (uint32_t m = COINBASE_SPOT_MARKETS; m < PAPER_MARKETS; m++)
      (void)bourse__paper_set_leverage(sim_engine(s), sim_account_at(s, i)->account, m, 5);
  sim_settle(s);
}

static void close_sim(sim *s) {
  coinbase_state *state = coinbase_of(s);
  for (uint32_t i = 0; i < state->records.count; i++) free(((coinbase_record *)state->records.items[i])->edits);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++)
    for (uint32_t side = 0; side < 2; side++) free(state->books[m].prices[side]);
  free(state->movements);
  sim_records_free(&state->records);
}

static const sim_fund funds[] = {
    {NULL, "USD", 0, 0, DEC(1000000, 0)}, {NULL, "BTC", 0, 0, DEC(10, 0)},     {NULL, "ETH", 0, 0, DEC(100, 0)},
    {NULL, "SOL", 0, 0, DEC(1000, 0)},    {NULL, "XRP", 0, 0, DEC(100000, 0)}, {NULL, "DOGE", 0, 0, DEC(100000, 0)},
    {NULL, "USD", 1, 0, DEC(100000, 0)},
};

/* Made for this, and good for nothing else: the forms that the site gives. */
#define EC_KEY                                                                                           \
  "-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEIBqycrgjjBFoeoy0/GX8BnZWpkVskBO2nTVvQzp0+EbKoAoGCCqGSM49\\n" \
  "AwEHoUQDQgAExiXprHgrOdfqvuUscyMDsg/3L8resv6L+yQB+IRErSXRJvmfD0EL\\nxoDj3+3jRLST7vSUl0nT1Xc5P+w/"      \
  "HmWXzg==\\n-----END "                                                                                 \
  "EC PRIVATE KEY-----\\n"
#define ED_KEY "3C1sOWPe5zK8AayJzlhwLnZElmq6Q5uieh0QSSbhvuIQApGMOQG1xak/az4oMdgFQvcOT2W+aHq+VqyniX1EYA=="

static const sim_key more_keys[] = {{NULL, "51510000-0000-4000-8000-000000000002", ED_KEY, NULL, 0, 0}};

static const char *const faults[] = {"maintenance", "engine_busy", "unknown_status", "token_dead", "stream_gap", NULL};

const sim_dialect sim_coinbase = {
    .name = "coinbase",
    .title = "Coinbase (Advanced Trade: spot and US futures; public data of Coinbase Exchange)",
    .markets = coinbase_rows,
    .funds = funds,
    .fund_count = sizeof funds / sizeof funds[0],
    .state_size = sizeof(coinbase_state),
    .connection_size = sizeof(coinbase_socket),
    .default_key = "organizations/51510000-0000-4000-8000-000000000000/apiKeys/51510000-0000-4000-8000-000000000001",
    .default_secret = EC_KEY,
    .open = open_sim,
    .close = close_sim,
    .request = answer,
    .upgrade = coinbase_upgrade,
    .message = coinbase_message,
    .event = on_event,
    .tick = tick,
    .next_ns = next_ns,
    .faults = faults,
    .opened = coinbase_opened,
    .trigger_at_once = 0,
    .fees_in_quote = 1,
    .more_key_count = sizeof more_keys / sizeof more_keys[0],
    .more_keys = more_keys,
};
