/* sim/binance_api.c - requests as messages (the WebSocket API), sessions, and what happens on an account. Follows "WebSocket
 * API" and "User Data Streams" of the exchange's spot documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binance.h"

#define ACCOUNTS_MAX 8

/* --- Answers --- */

typedef struct message {
  binance_call call;
  sim_connection *connection;
  binance_socket *socket;
  const cJSON *id;
  const cJSON *params;
  const char *method;
  binance_row row; /* of methods that are messages only */
} message;

static void respond(message *m) {
  int32_t status = sim_reply_get_status(m->call.reply);
  cJSON *json = cJSON_CreateObject(), *body = sim_reply_take_json(m->call.reply);
  const char *wanted = sim_json_text(m->params, "returnRateLimits");
  int32_t silent = m->socket->no_rate_limits;
  const cJSON *told = cJSON_GetObjectItemCaseSensitive(m->params, "returnRateLimits");
  if (cJSON_IsBool(told)) silent = cJSON_IsFalse(told);
  if (wanted != NULL) silent = strcmp(wanted, "false") == 0;
  cJSON_AddItemToObject(json, "id", m->id != NULL ? sim_json_again(m->id) : cJSON_CreateNull());
  sim_json_add_integer(json, "status", status);
  cJSON_AddItemToObject(json, status == 200 ? "result" : "error", body != NULL ? body : cJSON_CreateObject());
  if (!silent) cJSON_AddItemToObject(json, "rateLimits", binance_rate_limits(&m->call, m->call.row->orders > 0));
  sim_send_json(m->connection, json);
}

/* --- Signatures of messages --- */

static int by_name(const void *a, const void *b) {
  return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

/* "name=value&name=value" of all parameters but the signature, by name. To be freed. */
static char *payload_of(const cJSON *params, size_t *length) {
  const cJSON *item, **items = calloc((size_t)cJSON_GetArraySize(params) + 1, sizeof *items);
  size_t count = 0, room = 1;
  if (items == NULL) abort();
  cJSON_ArrayForEach(item, params) {
    if (strcmp(item->string, "signature") == 0) continue;
    items[count++] = item;
    room += strlen(item->string) + (sim_json_item_text(item) != NULL ? strlen(sim_json_item_text(item)) : 8) + 2;
  }
  qsort(items, count, sizeof *items, by_name);
  char *text = calloc(1, room), *end = text;
  if (text == NULL) abort();
  for (size_t i = 0; i < count; i++) {
    const char *value = sim_json_item_text(items[i]);
    if (value == NULL) value = cJSON_IsTrue(items[i]) ? "true" : cJSON_IsFalse(items[i]) ? "false" : "null";
    end += sprintf(end, "%s%s=%s", i == 0 ? "" : "&", items[i]->string, value);
  }
  *length = (size_t)(end - text);
  free(items);
  return text;
}

/* The account that a message speaks for: by its own key and signature, or that of the session. */
static int32_t authenticate(message *m, int32_t needs_signature) {
  binance_call *call = &m->call;
  const char *key = sim_json_text(m->params, "apiKey"), *signature = sim_json_text(m->params, "signature");
  if (key == NULL && m->socket->session != NULL) {
    call->account = m->socket->session;
  } else {
    if (key == NULL) return binance_need(call, "apiKey") != NULL;
    call->account = sim_account_by_key(call->s, key);
    if (call->account == NULL) return binance_fail(call, 401, -2015, "Invalid API-key, IP, or permissions for action.");
    if (needs_signature) {
      size_t length;
      if (signature == NULL) return binance_need(call, "signature") != NULL;
      char *payload = payload_of(m->params, &length);
      int32_t good = binance_signature_is_good(call->account, payload, length, signature);
      free(payload);
      if (!good) return binance_fail(call, 400, -1022, "Signature for this request is not valid.");
    }
  }
  if (call->row->security >= BINANCE_TRADE && call->account->key.read_only)
    return binance_fail(call, 401, -2015, "Invalid API-key, IP, or permissions for action.");
  return !needs_signature || binance_check_time(call);
}

/* --- Sessions and subscriptions --- */

static cJSON *session_json(const message *m) {
  sim *s = m->call.s;
  const sim_account *session = m->socket->session;
  cJSON *json = cJSON_CreateObject();
  if (session != NULL) {
    cJSON_AddStringToObject(json, "apiKey", session->key.api_key);
    sim_json_add_integer(json, "authorizedSince", m->socket->logon_ns / BINANCE_MS);
  } else {
    cJSON_AddNullToObject(json, "apiKey");
    cJSON_AddNullToObject(json, "authorizedSince");
  }
  sim_json_add_integer(json, "connectedSince", sim_connection_opened_ns(m->connection) / BINANCE_MS);
  cJSON_AddBoolToObject(json, "returnRateLimits", !m->socket->no_rate_limits);
  sim_json_add_integer(json, "serverTime", sim_clock_ns(s) / BINANCE_MS);
  cJSON_AddBoolToObject(json, "userDataStream", m->socket->account_count > 0);
  return json;
}

static void run_logon(message *m) {
  if (!authenticate(m, 1)) return;
  if (strstr(m->call.account->key.secret, "PUBLIC KEY") == NULL) {
    (void)binance_fail(&m->call, 400, -4056, "HMAC_SHA256 API key is not supported.");
    return;
  }
  m->socket->session = m->call.account;
  m->socket->logon_ns = sim_clock_ns(m->call.s);
  sim_reply_json(m->call.reply, session_json(m));
}

static void run_status(message *m) { sim_reply_json(m->call.reply, session_json(m)); }

static void run_logout(message *m) {
  m->socket->session = NULL;
  sim_reply_json(m->call.reply, session_json(m));
}

static void subscribe(message *m) {
  binance_socket *socket = m->socket;
  uint32_t account = m->call.account->account;
  for (uint32_t i = 0; i < socket->account_count; i++)
    if (socket->accounts[i] == account) {
      (void)binance_fail(&m->call, 400, -2035, "Subscription is already active for this account.");
      return;
    }
  if (socket->account_count == ACCOUNTS_MAX) {
    (void)binance_fail(&m->call, 400, -2042, "Subscription limit is reached.");
    return;
  }
  socket->accounts[socket->account_count] = account;
  socket->subscriptions[socket->account_count++] = socket->next_subscription;
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "subscriptionId", socket->next_subscription++);
  sim_reply_json(m->call.reply, json);
}

static void run_subscribe(message *m) {
  if (m->socket->session == NULL) {
    (void)binance_fail(&m->call, 401, -2015, "Invalid API-key, IP, or permissions for action.");
    return;
  }
  m->call.account = m->socket->session;
  subscribe(m);
}

static void run_subscribe_signed(message *m) {
  if (authenticate(m, 1)) subscribe(m);
}

/* By a token; another one for the same account extends what is there. */
static void run_subscribe_token(message *m) {
  int64_t expires_ns = 0;
  m->call.account = binance_margin_by_token(m->call.s, binance_param(&m->call, "listenToken"), &expires_ns);
  if (m->call.account == NULL) {
    (void)binance_fail(&m->call, 401, -1125, "This listenToken does not exist.");
    return;
  }
  int32_t found = -1;
  for (uint32_t i = 0; i < m->socket->account_count; i++)
    if (m->socket->accounts[i] == m->call.account->account) found = m->socket->subscriptions[i];
  if (found < 0) subscribe(m);
  if (m->call.failed) return;
  cJSON *json = found < 0 ? sim_reply_take_json(m->call.reply) : cJSON_CreateObject();
  if (found >= 0) sim_json_add_integer(json, "subscriptionId", found);
  sim_json_add_integer(json, "expirationTime", (expires_ns + sim_skew_ns(m->call.s)) / BINANCE_MS);
  sim_reply_json(m->call.reply, json);
}

static void run_unsubscribe(message *m) {
  binance_socket *socket = m->socket;
  int64_t id;
  if (!binance_whole(&m->call, &id, "subscriptionId", -1)) return;
  for (uint32_t i = 0; i < socket->account_count;) {
    if (id >= 0 && socket->subscriptions[i] != id) {
      i++;
      continue;
    }
    socket->account_count--;
    socket->accounts[i] = socket->accounts[socket->account_count];
    socket->subscriptions[i] = socket->subscriptions[socket->account_count];
  }
  sim_reply_json(m->call.reply, cJSON_CreateObject());
}

static void run_subscriptions(message *m) {
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = 0; i < m->socket->account_count; i++) {
    cJSON *row = cJSON_CreateObject();
    sim_json_add_integer(row, "subscriptionId", m->socket->subscriptions[i]);
    cJSON_AddItemToArray(list, row);
  }
  sim_reply_json(m->call.reply, list);
}

static const struct {
  const char *method;
  void (*run)(message *m);
} session_rows[] = {{"session.logon", run_logon},
                    {"session.status", run_status},
                    {"session.logout", run_logout},
                    {"session.subscriptions", run_subscriptions},
                    {"userDataStream.subscribe", run_subscribe},
                    {"userDataStream.subscribe.signature", run_subscribe_signed},
                    {"userDataStream.subscribe.listenToken", run_subscribe_token},
                    {"userDataStream.unsubscribe", run_unsubscribe}};

/* --- Messages --- */

static void add_params(sim_request *request, const cJSON *params) {
  const cJSON *item;
  cJSON_ArrayForEach(item, params) {
    const char *value = sim_json_item_text(item);
    if (item->string == NULL || strcmp(item->string, "returnRateLimits") == 0) continue;
    if (value != NULL) {
      sim_request_add(request, item->string, value);
    } else if (cJSON_IsBool(item)) {
      sim_request_add(request, item->string, cJSON_IsTrue(item) ? "true" : "false");
    } else if (cJSON_IsArray(item)) { /* lists of names, as their JSON text */
      cJSON *again = sim_json_again(item);
      char *text = cJSON_PrintUnformatted(again);
      sim_request_add(request, item->string, text);
      cJSON_free(text);
      cJSON_Delete(again);
    }
  }
}

static void serve(message *m) {
  binance_call *call = &m->call;
  int32_t usdm = m->socket->kind == BINANCE_MESSAGES_USDM;
  m->row.group = usdm ? BINANCE_FAPI : BINANCE_API;
  for (size_t i = 0; i < sizeof session_rows / sizeof session_rows[0]; i++) {
    if (strcmp(session_rows[i].method, m->method) != 0) continue;
    if (usdm && strncmp(m->method, "session.", 8) != 0) continue; /* user data is not to be had there */
    m->row.path = "/ws-api/v3";
    (void)sim_take(call->s, usdm ? "fapi" : "weight", call->request->address, BINANCE_MINUTE, INT64_MAX, 2);
    session_rows[i].run(m);
    return;
  }
  const binance_row *row = binance_row_of_message(m->method, usdm);
  if (row == NULL) {
    (void)binance_fail(call, 400, -1100, "Unknown method '%s'.", m->method);
    return;
  }
  call->row = row;
  if (row->security != BINANCE_PUBLIC && !authenticate(m, row->security >= BINANCE_SIGNED)) return;
  binance_serve(call);
}

void binance_api_message(sim *s, sim_connection *connection, const char *text, size_t length) {
  message m;
  memset(&m, 0, sizeof m);
  cJSON *tree = sim_json_parse(text, length);
  m.connection = connection;
  m.socket = sim_connection_state(connection);
  m.id = cJSON_GetObjectItemCaseSensitive(tree, "id");
  m.params = cJSON_GetObjectItemCaseSensitive(tree, "params");
  m.method = sim_json_text(tree, "method");
  sim_request *request = sim_request_new(connection, "MESSAGE", sim_connection_path(connection));
  m.call = (binance_call){.s = s, .request = request, .reply = sim_reply_new(), .row = &m.row, .over_socket = 1};
  if (tree == NULL || m.method == NULL || (m.params != NULL && !cJSON_IsObject(m.params))) {
    (void)binance_fail(&m.call, 400, -1135, "Invalid JSON Request%s",
                       tree == NULL ? "" : ": method or params are not valid");
  } else {
    add_params(request, m.params);
    serve(&m);
  }
  respond(&m);
  sim_reply_free((sim_reply *)m.call.reply);
  sim_request_free(request);
  cJSON_Delete(tree);
}

/* --- What happens on an account --- */

void binance_tell(sim *s, uint32_t account, cJSON *event) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const binance_socket *socket = sim_connection_state(c);
    if (socket->kind != BINANCE_MESSAGES_SPOT) continue;
    for (uint32_t i = 0; i < socket->account_count; i++) {
      if (socket->accounts[i] != account) continue;
      cJSON *json = cJSON_CreateObject();
      sim_json_add_integer(json, "subscriptionId", socket->subscriptions[i]);
      cJSON_AddItemReferenceToObject(json, "event", event);
      sim_send_json(c, json);
    }
  }
  cJSON_Delete(event);
}

static cJSON *event_json(sim *s, const char *type) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "e", type);
  sim_json_add_integer(json, "E", sim_clock_ns(s) / BINANCE_MS);
  return json;
}

/* What was subscribed ends, and says so; the connection stays. */
void binance_end_subscriptions(sim *s, sim_connection *connection) {
  binance_socket *socket = sim_connection_state(connection);
  for (uint32_t i = 0; i < socket->account_count; i++) {
    cJSON *json = cJSON_CreateObject();
    sim_json_add_integer(json, "subscriptionId", socket->subscriptions[i]);
    cJSON_AddItemToObject(json, "event", event_json(s, "eventStreamTerminated"));
    sim_send_json(connection, json);
  }
  socket->account_count = 0;
}

void binance_tell_change(sim *s, uint32_t account, const char *currency, const bourse_decimal *amount, int32_t takes) {
  cJSON *json = event_json(s, "balanceUpdate");
  bourse_decimal delta = *amount;
  if (takes) delta.flags |= BOURSE_DECIMAL_NEGATIVE;
  (void)bourse_decimal_round(&delta, &delta, BINANCE_PLACES, BOURSE_ROUND_DOWN);
  cJSON_AddStringToObject(json, "a", currency);
  sim_json_add_decimal(json, "d", &delta);
  sim_json_add_integer(json, "T", sim_clock_ns(s) / BINANCE_MS);
  binance_tell(s, account, json);
}

static void mark_balance(sim *s, uint32_t account, uint32_t currency) {
  binance_state *state = binance_state_of(s);
  uint32_t row = 64, at = account * row + currency;
  if (currency >= row) return;
  if (at >= state->changed_size) {
    uint32_t size = (account + 1) * row;
    state->changed = realloc(state->changed, size);
    if (state->changed == NULL) abort();
    memset(state->changed + state->changed_size, 0, size - state->changed_size);
    state->changed_size = size;
  }
  state->changed[at] = 1;
}

/* Free and locked of what changed since the last time. */
static void flush_account(sim *s, uint32_t account) {
  binance_state *state = binance_state_of(s);
  cJSON *list = NULL;
  for (uint32_t i = 0; i < 64 && account * 64 + i < state->changed_size; i++) {
    if (!state->changed[account * 64 + i]) continue;
    state->changed[account * 64 + i] = 0;
    const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, 0, i);
    cJSON *row = cJSON_CreateObject();
    if (list == NULL) list = cJSON_CreateArray();
    cJSON_AddStringToObject(row, "a", bourse__paper_currency_code(sim_engine(s), i));
    sim_json_add_money(row, "f", balance->total - balance->locked, BINANCE_PLACES);
    sim_json_add_money(row, "l", balance->locked, BINANCE_PLACES);
    cJSON_AddItemToArray(list, row);
  }
  if (list == NULL) return;
  cJSON *json = event_json(s, "outboundAccountPosition");
  sim_json_add_integer(json, "u", sim_clock_ns(s) / BINANCE_MS);
  cJSON_AddItemToObject(json, "B", list);
  binance_tell(s, account, json);
}

void binance_flush_balances(sim *s) {
  const binance_state *state = binance_state_of(s);
  for (uint32_t account = 0; account * 64 < state->changed_size; account++) flush_account(s, account);
}

cJSON *binance_list_event(sim *s, const paper_list *list, int32_t done) {
  static const char *const kinds[] = {"", "OCO", "OTO", "OTO", "OPO", "OPO"};
  const char *symbol = bourse__paper_market(sim_engine(s), list->market)->about->id;
  cJSON *json = event_json(s, "listStatus"), *orders = cJSON_CreateArray();
  cJSON_AddStringToObject(json, "s", symbol);
  sim_json_add_integer(json, "g", (int64_t)list->id);
  cJSON_AddStringToObject(json, "c", kinds[list->kind]);
  cJSON_AddStringToObject(json, "l", done ? "ALL_DONE" : "EXEC_STARTED");
  cJSON_AddStringToObject(json, "L", done ? "ALL_DONE" : "EXECUTING");
  cJSON_AddStringToObject(json, "r", "NONE");
  cJSON_AddStringToObject(json, "C", list->client_id);
  sim_json_add_integer(json, "T", sim_clock_ns(s) / BINANCE_MS);
  for (uint32_t i = 0; i < list->count; i++) {
    if (list->orders[i] == NULL) continue;
    const binance_order *about = binance_order_of(s, list->orders[i]->id);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "s", symbol);
    sim_json_add_integer(row, "i", (int64_t)list->orders[i]->id);
    cJSON_AddStringToObject(row, "c", about != NULL ? about->client_id : list->orders[i]->client_id);
    cJSON_AddItemToArray(orders, row);
  }
  cJSON_AddItemToObject(json, "O", orders);
  return json;
}

/* --- Execution reports --- */

static void add_execution(cJSON *json, sim *s, const paper_order *order, const binance_order *about,
                          const paper_fill *fill) {
  sim_json_add_integer(json, "i", (int64_t)order->id);
  cJSON_AddStringToObject(json, "l", binance_amount(s, order->market, fill != NULL ? fill->amount : 0));
  cJSON_AddStringToObject(json, "z", binance_amount(s, order->market, order->filled));
  cJSON_AddStringToObject(json, "L", binance_price(s, order->market, fill != NULL ? fill->price : 0));
  cJSON_AddStringToObject(json, "n", fill != NULL ? sim_money_text(fill->fee, BINANCE_PLACES) : "0");
  if (fill != NULL)
    cJSON_AddStringToObject(json, "N", bourse__paper_currency_code(sim_engine(s), fill->fee_currency));
  else
    cJSON_AddNullToObject(json, "N");
  sim_json_add_integer(json, "T", order->updated_ns / BINANCE_MS);
  sim_json_add_integer(json, "t", fill != NULL ? (int64_t)fill->id : -1);
  sim_json_add_integer(json, "I", (int64_t)sim_next_number(s));
  cJSON_AddBoolToObject(json, "w", order->status == BOURSE_ORDER_OPEN);
  cJSON_AddBoolToObject(json, "m", fill != NULL && fill->role == BOURSE_MAKER);
  cJSON_AddBoolToObject(json, "M", fill != NULL);
  sim_json_add_integer(json, "O", order->created_ns / BINANCE_MS);
  sim_json_add_money(json, "Z", order->cost_filled, BINANCE_PLACES);
  sim_json_add_money(json, "Y", fill != NULL ? fill->cost : 0, BINANCE_PLACES);
  sim_json_add_money(json, "Q", order->cost_asked, BINANCE_PLACES);
  if (order->status != BOURSE_ORDER_PENDING && order->status != BOURSE_ORDER_UNTRIGGERED && order->working_ns != 0)
    sim_json_add_integer(json, "W", order->working_ns / BINANCE_MS);
  cJSON_AddStringToObject(json, "V", binance_self_trade_text(order->self_trade));
  if (about != NULL && about->trailing_delta > 0) sim_json_add_integer(json, "d", about->trailing_delta);
  if (about != NULL && about->strategy_id > 0) sim_json_add_integer(json, "j", about->strategy_id);
  if (about != NULL && about->strategy_type > 0) sim_json_add_integer(json, "J", about->strategy_type);
}

static void report(sim *s, const paper_order *order, const binance_order *about, const char *execution,
                   const paper_fill *fill) {
  const paper_order *kept = bourse__paper_find(sim_engine(s), order->account, order->id, NULL);
  paper_order told = *order;
  told.list = kept != NULL ? kept->list : NULL; /* that of a copy may be gone */
  int32_t cancels = strcmp(execution, "CANCELED") == 0 && about != NULL && about->cancel_id[0] != '\0';
  int64_t stop = order->trigger_kind == PAPER_TRAILING ? order->trail_activation : order->trigger_price;
  const char *client_id = about != NULL ? about->client_id : order->client_id, *expiry = binance_expiry_text(&told);
  cJSON *json = event_json(s, "executionReport");
  cJSON_AddStringToObject(json, "s", bourse__paper_market(sim_engine(s), order->market)->about->id);
  cJSON_AddStringToObject(json, "c", cancels ? about->cancel_id : client_id);
  cJSON_AddStringToObject(json, "S", order->side == BOURSE_SIDE_BUY ? "BUY" : "SELL");
  cJSON_AddStringToObject(json, "o", binance_types[about != NULL ? about->type : 0]);
  cJSON_AddStringToObject(json, "f", binance_tif_text(order->time_in_force));
  cJSON_AddStringToObject(json, "q", binance_amount(s, order->market, order->amount));
  cJSON_AddStringToObject(json, "p", binance_price(s, order->market, order->price));
  cJSON_AddStringToObject(json, "P", binance_price(s, order->market, stop));
  cJSON_AddStringToObject(json, "F", binance_amount(s, order->market, order->display));
  sim_json_add_integer(json, "g", told.list != NULL ? (int64_t)told.list->id : -1);
  cJSON_AddStringToObject(json, "C", cancels ? client_id : "");
  cJSON_AddStringToObject(json, "x", execution);
  cJSON_AddStringToObject(json, "X", binance_status_text(&told));
  cJSON_AddStringToObject(json, "r", "NONE");
  add_execution(json, s, order, about, fill);
  if (expiry != NULL) cJSON_AddStringToObject(json, "eR", expiry);
  binance_tell(s, order->account, json);
  flush_account(s, order->account);
}

static const char *execution_of(const paper_order *order, const binance_order *about) {
  switch (order->status) {
    case BOURSE_ORDER_CANCELED: return "CANCELED";
    case BOURSE_ORDER_EXPIRED: return order->reason == PAPER_SELF_TRADE ? "TRADE_PREVENTION" : "EXPIRED";
    case BOURSE_ORDER_REJECTED: return "REJECTED";
    default: break;
  }
  if (about->status == order->status && about->status != 0) {
    if (order->amount != about->amount_told) return "REPLACED";
    return order->prevented > 0 ? "TRADE_PREVENTION" : NULL;
  }
  return "NEW";
}

static void tell_fill(sim *s, const paper_order *order, binance_order *about) {
  about->pending.is_there = 0;
  report(s, order, about, "TRADE", &about->pending.fill);
}

static void tell_list_end(sim *s, const paper_order *order) {
  const paper_order *kept = bourse__paper_find(sim_engine(s), order->account, order->id, NULL);
  const paper_list *list = kept == NULL ? NULL : kept->list;
  for (uint32_t i = 0; list != NULL && i < list->count; i++)
    if (list->orders[i] != NULL && bourse__paper_is_open(list->orders[i])) return;
  if (list != NULL && !bourse__paper_is_open(order)) binance_tell(s, order->account, binance_list_event(s, list, 1));
}

/* Each fill is told together with the state of the order after it, which is the engine's next event of the order. An order
 * by cost has no amount to be filled up to: whether a fill was its last is seen by what comes next. */
static void tell_order(sim *s, const paper_order *order) {
  binance_order *about = binance_order_of(s, order->id);
  if (about == NULL) return;
  if (about->waiting != NULL) {
    paper_order waited = *about->waiting;
    free(about->waiting);
    about->waiting = NULL;
    if (order->status == BOURSE_ORDER_FILLED) {
      tell_fill(s, order, about);
      about->status = order->status;
      binance_order_filled(s, order->account);
      tell_list_end(s, order);
      return;
    }
    if (about->pending.fill.id == about->waited_fill.id) about->pending.is_there = 0;
    paper_fill fill = about->waited_fill;
    report(s, &waited, about, "TRADE", &fill);
  }
  if (about->pending.is_there && order->cost_asked > 0 && order->status == BOURSE_ORDER_OPEN) {
    about->waiting = malloc(sizeof *about->waiting);
    if (about->waiting == NULL) abort();
    *about->waiting = *order;
    about->waited_fill = about->pending.fill;
    about->amount_told = order->amount;
    return;
  }
  if (about->pending.is_there) {
    paper_order as_open = *order;
    if (order->status == BOURSE_ORDER_EXPIRED || order->status == BOURSE_ORDER_CANCELED)
      as_open.status = BOURSE_ORDER_OPEN; /* the fill came first, then the end */
    tell_fill(s, &as_open, about);
    about = binance_order_of(s, order->id);
    if (as_open.status == order->status) {
      about->status = order->status;
      about->amount_told = order->amount;
      if (order->status == BOURSE_ORDER_FILLED) binance_order_filled(s, order->account);
      tell_list_end(s, order);
      return;
    }
  }
  const char *execution = execution_of(order, about);
  about->status = order->status;
  about->amount_told = order->amount;
  if (execution == NULL) return;
  report(s, order, about, execution, NULL);
  if (!bourse__paper_is_open(order)) tell_list_end(s, order);
}

void binance_api_event(sim *s, const paper_event *event) {
  if (event->kind == PAPER_EVENT_BALANCE && event->u.balance.wallet == 0)
    mark_balance(s, event->account, event->u.balance.currency);
  else if (event->kind == PAPER_EVENT_ORDER && event->market < BINANCE_SPOT_MARKETS)
    tell_order(s, &event->u.order);
}
