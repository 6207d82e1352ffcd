/* sim/kraken.c - Kraken: its keys, the envelope of spot's REST API, what the engine's events are to whom, and time.
 *
 * Followed: docs.kraken.com "Spot REST API" (authentication, rate limits, errors), "Spot WebSocket v2", "Derivatives REST v3"
 * and "Derivatives WebSocket v1". Spot and futures are on one port here: their paths tell them apart. */
#include "kraken.h"

#include <bourse/error.h>

/* --- Keys --- */

static int32_t is_futures_key(const sim_account *who) { return strstr(who->key.api_key, "futures") != NULL; }

#define BAD_KEYS      10
#define BAD_KEYS_NS   (10 * KRAKEN_MINUTE)
#define LOCKOUT_NS    (15 * KRAKEN_MINUTE)
#define TIER_CALLS    15
#define TIER_DECAY    333334 /* millionths a second */
#define PUBLIC_BURST  15
#define MILLION       INT64_C(1000000)
#define TIER_DECAY_1S MILLION

static const char *refused_key(sim *s, const sim_request *request, const char *text) {
  if (sim_take(s, "kraken bad keys", request->address, BAD_KEYS_NS, BAD_KEYS, 1) > BAD_KEYS)
    sim_ban(s, request->address, sim_clock_ns(s) + LOCKOUT_NS);
  return text;
}

const char *kraken_param(const kraken_params *params, const char *name) {
  char nested[80];
  const cJSON *object = params->body;
  if (object != NULL) {
    if (params->prefix != NULL) object = cJSON_GetObjectItemCaseSensitive(object, params->prefix);
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
    if (cJSON_IsBool(item)) return cJSON_IsTrue(item) ? "true" : "false";
    return sim_json_item_text(item);
  }
  if (params->prefix == NULL) return sim_form(params->request, name);
  (void)snprintf(nested, sizeof nested, "%s[%s]", params->prefix, name);
  return sim_form(params->request, nested);
}

/* Reads the nonce and holds the signature against the bytes as they came. */
static const char *check_signature(sim *s, const sim_request *request, const kraken_params *params, sim_account *who) {
  uint8_t secret[256], digest[32], *message;
  char expected[129];
  const char *nonce = kraken_param(params, "nonce"), *given = sim_header(request, "API-Sign");
  size_t path = strlen(request->path), length = nonce == NULL ? 0 : strlen(nonce);
  if (nonce == NULL || length > 20 || strspn(nonce, "0123456789") != length) return "EAPI:Invalid nonce";
  int64_t secret_length = strlen(who->key.secret) < 256 ? sim_base64_decode(secret, who->key.secret) : -1;
  message = malloc(length + request->body_length + path + sizeof digest);
  if (message == NULL) abort();
  memcpy(message, nonce, length);
  memcpy(message + length, request->body, request->body_length);
  (void)sim_sha256(digest, message, length + request->body_length);
  memcpy(message, request->path, path);
  memcpy(message + path, digest, sizeof digest);
  int32_t good = secret_length > 0 && given != NULL &&
                 sim_hmac_base64(expected, 512, secret, (size_t)secret_length, message, path + sizeof digest) &&
                 sim_same_text(expected, given);
  free(message);
  if (!good) return refused_key(s, request, "EAPI:Invalid signature");
  uint64_t number = strtoull(nonce, NULL, 10);
  if (number <= who->last_nonce) return "EAPI:Invalid nonce";
  who->last_nonce = number;
  return NULL;
}

/* --- Private calls --- */

/* What a call costs; calls about orders are counted by the engine instead. */
static int64_t cost_of(const char *name) {
  static const char *const orders[] = {"AddOrder",    "AddOrderBatch",    "AmendOrder", "EditOrder",
                                       "CancelOrder", "CancelOrderBatch", "CancelAll"};
  static const char *const history[] = {"Ledgers", "QueryLedgers", "TradesHistory", "QueryTrades", "ClosedOrders"};
  for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
    if (strcmp(name, orders[i]) == 0) return 0;
  for (size_t i = 0; i < sizeof history / sizeof history[0]; i++)
    if (strcmp(name, history[i]) == 0) return 2;
  return 1;
}

static const char *private_call(sim *s, const sim_request *request, const char *name, cJSON **result) {
  const char *key = sim_header(request, "API-Key"), *type = sim_header(request, "Content-Type"), *error;
  kraken_params params = {request, NULL, NULL};
  int32_t known = 0;
  if (sim_banned_until_ns(s, request->address) > 0) return "EGeneral:Temporary lockout";
  sim_account *who = key == NULL ? NULL : sim_account_by_key(s, key);
  if (who == NULL || is_futures_key(who)) return refused_key(s, request, "EAPI:Invalid key");
  if (strcmp(request->method, "POST") != 0) return "EGeneral:Invalid arguments";
  cJSON *body = NULL;
  if (type != NULL && kraken_starts(type, "application/json")) {
    body = sim_json_parse(request->body, request->body_length);
    if (!cJSON_IsObject(body)) {
      cJSON_Delete(body);
      return "EAPI:Bad request";
    }
    params.body = body;
  }
  error = check_signature(s, request, &params, who);
  int64_t cost = cost_of(name) * MILLION;
  if (error == NULL && cost > 0 &&
      sim_take_leaky(s, "kraken calls", who->key.name, TIER_DECAY, TIER_CALLS * MILLION, cost) > 0)
    error = "EAPI:Rate limit exceeded";
  if (error == NULL && sim_fault(s, "engine_busy", name)) error = "EService:Busy";
  if (error == NULL) error = kraken_trade_call(s, who, name, request, body, result, &known);
  if (error == NULL && !known) error = kraken_account_call(s, who, name, &params, result, &known);
  if (error == NULL && !known) error = kraken_wallet_call(s, who, name, &params, result, &known);
  cJSON_Delete(body);
  if (error == NULL && known && sim_fault(s, "unknown_status", name)) error = "EService:Timeout"; /* it was done */
  return error != NULL || known ? error : "EGeneral:Unknown method";
}

static const char *public_call(sim *s, const sim_request *request, const char *name, cJSON **result) {
  int32_t known = 0;
  if (sim_take_leaky(s, "kraken public", request->address, TIER_DECAY_1S, PUBLIC_BURST * MILLION, MILLION) > 0)
    return "EGeneral:Too many requests";
  const char *error = kraken_public_call(s, name, request, result, &known);
  return error != NULL || known ? error : "EGeneral:Unknown method";
}

/* {"error": [...], "result": ...}, with 200 whatever it says. */
static void answer_spot(sim *s, const sim_request *request, sim_reply *reply) {
  cJSON *result = NULL, *envelope = cJSON_CreateObject(), *errors;
  const char *error, *path = request->path + strlen("/0/");
  if (kraken_starts(path, "public/"))
    error = public_call(s, request, path + strlen("public/"), &result);
  else if (kraken_starts(path, "private/"))
    error = private_call(s, request, path + strlen("private/"), &result);
  else
    error = "EGeneral:Unknown method";
  errors = cJSON_AddArrayToObject(envelope, "error");
  if (error != NULL) {
    cJSON_AddItemToArray(errors, cJSON_CreateString(error));
    cJSON_Delete(result);
  } else if (result != NULL) {
    cJSON_AddItemToObject(envelope, "result", result);
  }
  sim_reply_json(reply, envelope);
}

static void answer(sim *s, const sim_request *request, sim_reply *reply) {
  if (kraken_starts(request->path, "/0/")) {
    answer_spot(s, request, reply);
  } else if (kraken_starts(request->path, "/derivatives/") || kraken_starts(request->path, "/api/")) {
    kraken_futures_request(s, request, reply);
  } else {
    sim_reply_status(reply, 404);
    sim_reply_text(reply, "text/html", "<html><head><title>404 Not Found</title></head></html>");
  }
}

/* --- WebSocket --- */

static int32_t is_futures_socket(const char *path) { return kraken_starts(path, "/ws/v1"); }

static int32_t upgrade(sim *s, const sim_request *request, sim_reply *reply) {
  (void)s;
  if (kraken_starts(request->path, "/v2") || is_futures_socket(request->path)) return 1;
  sim_reply_status(reply, 404);
  sim_reply_text(reply, "text/plain", "Not Found");
  return 0;
}

static void opened(sim *s, sim_connection *connection) {
  kraken_connection *state = sim_connection_state(connection);
  state->futures = is_futures_socket(sim_connection_path(connection));
  state->sent_ns = sim_now_ns(s);
  if (state->futures)
    kraken_futures_open(s, connection);
  else
    kraken_socket_open(s, connection);
}

static void message(sim *s, sim_connection *connection, const char *text, size_t length) {
  const kraken_connection *state = sim_connection_state(connection);
  cJSON *json = sim_json_parse(text, length);
  if (state->futures)
    kraken_futures_message(s, connection, json);
  else
    kraken_socket_message(s, connection, json);
  cJSON_Delete(json);
}

sim_account *kraken_token_account(sim *s, kraken_connection *connection, const char *token) {
  kraken_state *state = kraken_of(s);
  if (token == NULL || token[0] == '\0' || sim_fault(s, "token_dead", "")) return NULL;
  /* Once used, it is good for as long as this connection lasts. */
  if (connection->account != NULL && strcmp(connection->token, token) == 0) return connection->account;
  for (uint32_t i = 0; i < KRAKEN_TOKENS; i++) {
    kraken_token *known = &state->tokens[i];
    if (strcmp(known->text, token) != 0) continue;
    if (known->expires_ns <= sim_clock_ns(s)) return NULL;
    connection->account = sim_account_at(s, known->account);
    (void)snprintf(connection->token, sizeof connection->token, "%s", token);
    return connection->account;
  }
  return NULL;
}

/* --- Events --- */

static void keep_trade(sim *s, const paper_trade *trade) {
  kraken_trades *trades = &kraken_of(s)->trades[trade->market];
  if (trades->count == KRAKEN_TRADES) {
    trades->first = (trades->first + 1) % KRAKEN_TRADES;
    trades->count--;
  }
  trades->items[(trades->first + trades->count++) % KRAKEN_TRADES] =
      (kraken_trade){trade->id, trade->time_ns, trade->price, trade->amount, trade->side};
}

/* The record of an order that an event is about; the one being placed gets its number by the first event. */
static kraken_record *record_for(sim *s, uint64_t id, uint32_t account, uint32_t market, int32_t may_make) {
  kraken_state *state = kraken_of(s);
  kraken_record *record = kraken_record_of(s, id);
  if (record != NULL) return record;
  const paper_order *order = bourse__paper_find(sim_engine(s), account, id, NULL);
  int32_t leg = order != NULL && order->list != NULL && order->leg > 0;
  if (!leg && state->placing != NULL && state->placing->id == 0 && state->placing->account == account &&
      state->placing->market == market) {
    kraken_record_bind(s, state->placing, id);
    return state->placing;
  }
  if (!may_make) return NULL;
  record = kraken_record_new(s, account, market);
  kraken_record_bind(s, record, id);
  if (order == NULL) return record;
  const kraken_record *brings =
      leg && order->list->orders[0] != NULL ? kraken_record_of(s, order->list->orders[0]->id) : NULL;
  if (brings != NULL) record->leverage = brings->leverage;
  if (leg && order->list->orders[0] != NULL) record->parent = order->list->orders[0]->id;
  int32_t limit = order->type == BOURSE_ORDER_LIMIT;
  record->type = order->trigger_kind == PAPER_STOP_LOSS     ? (limit ? "stop-loss-limit" : "stop-loss")
                 : order->trigger_kind == PAPER_TAKE_PROFIT ? (limit ? "take-profit-limit" : "take-profit")
                 : limit                                    ? "limit"
                                                            : "market";
  (void)snprintf(record->signal, sizeof record->signal, "last");
  int64_t first = order->trigger_price != 0 ? order->trigger_price : order->price;
  (void)snprintf(record->price, sizeof record->price, "%s", kraken_price_text(s, market, first));
  if (limit && order->trigger_price != 0)
    (void)snprintf(record->price2, sizeof record->price2, "%s", kraken_price_text(s, market, order->price));
  record->in_base = order->side == BOURSE_SIDE_BUY && record->leverage == 0;
  return record;
}

/* What waits for another order is not there yet, and what never lived is not told of. */
static void order_event(sim *s, const paper_order *order) {
  if (order->status == BOURSE_ORDER_PENDING) return;
  int32_t lived = order->status != BOURSE_ORDER_CANCELED || order->filled > 0;
  kraken_record *record = record_for(s, order->id, order->account, order->market, lived);
  if (record != NULL && !kraken_is_futures(order->market)) kraken_tell_order(s, order);
}

static void on_event(sim *s, const paper_event *event) {
  kraken_state *state = kraken_of(s);
  int32_t futures = event->market != UINT32_MAX && kraken_is_futures(event->market);
  if (event->account != UINT32_MAX && kraken_account(s, event->account)->unlimited) return;
  switch (event->kind) {
    case PAPER_EVENT_ORDER: order_event(s, &event->u.order); break;
    case PAPER_EVENT_FILL: {
      const paper_fill *fill = &event->u.fill;
      const kraken_record *record = record_for(s, fill->order_id, fill->account, fill->market, 1);
      if (!futures) kraken_margin_fill(s, record, fill);
      if (!futures) kraken_tell_fill(s, fill);
      break;
    }
    case PAPER_EVENT_BALANCE:
      if (event->u.balance.wallet == 0) kraken_tell_balance(s, event);
      break;
    case PAPER_EVENT_TRADE:
      keep_trade(s, &event->u.trade);
      state->traded[event->market]++;
      break;
    case PAPER_EVENT_BOOK: state->moved[event->market] = 1; break;
    default: break;
  }
  kraken_futures_event(s, event);
}

/* --- Time --- */

static void run_timers(sim *s) {
  kraken_state *state = kraken_of(s);
  for (int32_t futures = 0; futures < 2; futures++)
    for (uint32_t a = 0; a < KRAKEN_ACCOUNTS; a++) {
      if (state->timers[futures][a] == 0 || state->timers[futures][a] > sim_now_ns(s)) continue;
      state->timers[futures][a] = 0;
      (void)kraken_cancel_all(s, a, futures, -1, futures ? "dead_man_switch" : "Cancel all orders after timer");
    }
}

static void tick(sim *s) {
  kraken_state *state = kraken_of(s);
  int64_t second = sim_now_ns(s) / KRAKEN_SECOND;
  run_timers(s);
  kraken_margin_settle(s);
  if (second > state->told_second) kraken_margin_watch(s);
  kraken_flush(s);
  kraken_futures_flush(s);
  if (second > state->told_second) {
    state->told_second = second;
    kraken_beat(s);
    kraken_futures_tick(s);
  }
}

static int64_t next_ns(const sim *s) {
  sim *mine = (sim *)(uintptr_t)s; /* the accessors are for dialects that change things */
  const kraken_state *state = kraken_of(mine);
  int64_t next = INT64_MAX;
  for (int32_t futures = 0; futures < 2; futures++)
    for (uint32_t a = 0; a < KRAKEN_ACCOUNTS; a++)
      if (state->timers[futures][a] != 0 && state->timers[futures][a] < next) next = state->timers[futures][a];
  if (kraken_margin_is_due(mine)) return sim_now_ns(s);
  if (sim_next_socket(mine, NULL) == NULL) return next;
  int64_t second = (sim_now_ns(s) / KRAKEN_SECOND + 1) * KRAKEN_SECOND;
  if (second < next) next = second;
  for (uint32_t i = 0; i < PAPER_MARKETS; i++)
    if (state->moved[i] || state->traded[i] || state->any_moved) next = sim_now_ns(s);
  return next;
}

/* --- Life --- */

#define CROSS_LEVERAGE 50

static void open_sim(sim *s) {
  kraken_state *state = kraken_of(s);
  state->start_second = sim_now_ns(s) / KRAKEN_SECOND;
  state->told_second = state->start_second;
  state->trades = calloc(PAPER_MARKETS, sizeof *state->trades);
  if (state->trades == NULL) abort();
  for (uint32_t i = 0; sim_account_at(s, i) != NULL; i++)
    for (uint32_t m = KRAKEN_SPOT_MARKETS; m < PAPER_MARKETS; m++)
      (void)bourse__paper_set_leverage(sim_engine(s), sim_account_at(s, i)->account, m, CROSS_LEVERAGE);
  sim_settle(s);
}

static void close_sim(sim *s) {
  kraken_state *state = kraken_of(s);
  for (uint32_t i = 0; i < state->record_count; i++) {
    free(state->records[i]->ghost);
    free(state->records[i]->amends);
    free(state->records[i]);
  }
  for (uint32_t m = 0; m < KRAKEN_SPOT_MARKETS; m++)
    for (uint32_t d = 0; d < KRAKEN_DEPTHS; d++) sim_ladder_free(&state->books[m][d].ladder);
  kraken_margin_close(s);
  free(state->records);
  free(state->trades);
  free(state->happenings);
}

#define DEC(coefficient_, exponent_) \
  { (coefficient_), 0, (exponent_), BOURSE_DECIMAL_PRESENT }

static const sim_fund funds[] = {
    {NULL, "USD", 0, 0, DEC(1000000, 0)}, {NULL, "BTC", 0, 0, DEC(10, 0)},     {NULL, "ETH", 0, 0, DEC(100, 0)},
    {NULL, "SOL", 0, 0, DEC(1000, 0)},    {NULL, "XRP", 0, 0, DEC(100000, 0)}, {NULL, "DOGE", 0, 0, DEC(100000, 0)},
    {NULL, "USD", 1, 0, DEC(100000, 0)},
};

/* "sim-secret" and "sim-futures-secret", in base64 as Kraken's are. */
#define SPOT_SECRET    "c2ltLXNlY3JldA=="
#define FUTURES_SECRET "c2ltLWZ1dHVyZXMtc2VjcmV0"

static const sim_key more_keys[] = {{"main", "sim-futures-key", FUTURES_SECRET, NULL, 0, 0}};

static const char *const faults[] = {"engine_busy", "unknown_status",      "token_dead",
                                     "stream_gap",  "stream_bad_checksum", NULL};

const sim_dialect sim_kraken = {
    .name = "kraken",
    .title = "Kraken (spot, WebSocket v2; futures, WebSocket v1)",
    .markets = kraken_rows,
    .funds = funds,
    .fund_count = sizeof funds / sizeof funds[0],
    .state_size = sizeof(kraken_state),
    .connection_size = sizeof(kraken_connection),
    .refused_client_ids_reusable = 1,
    .default_key = "sim-key",
    .default_secret = SPOT_SECRET,
    .open = open_sim,
    .close = close_sim,
    .request = answer,
    .upgrade = upgrade,
    .message = message,
    .event = on_event,
    .tick = tick,
    .next_ns = next_ns,
    .faults = faults,
    .opened = opened,
    .trigger_at_once = 1,
    .more_key_count = sizeof more_keys / sizeof more_keys[0],
    .more_keys = more_keys,
};
