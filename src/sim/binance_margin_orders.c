/* sim/binance_margin_orders.c - orders of margin accounts: those of spot, on another account, borrowing and paying back along
 * the way; and the tokens by which their events are subscribed to. Follows "Trade" and "User Data Streams" of the exchange's
 * margin documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binance_margin.h"

#define VALID_NS BINANCE_DAY

/* --- As on spot --- */

/* Replies name their kind of account with each order. */
static void mark_orders(cJSON *json, int32_t isolated) {
  cJSON *child;
  if (cJSON_IsArray(json)) {
    cJSON_ArrayForEach(child, json) mark_orders(child, isolated);
    return;
  }
  if (!cJSON_IsObject(json) || cJSON_GetObjectItemCaseSensitive(json, "code") != NULL) return;
  cJSON_AddBoolToObject(json, "isIsolated", isolated);
  mark_orders(cJSON_GetObjectItemCaseSensitive(json, "orderReports"), isolated);
}

/* Served by the spot call of that path. */
static void as_spot(binance_call *call, margin_account *account, const char *path) {
  const binance_row *own = call->row, *row = binance_row_of(call->request->method, path);
  sim_account *owner = call->account;
  call->account = &account->as;
  call->row = row;
  row->run(call);
  call->account = owner;
  call->row = own;
  if (call->failed) return;
  cJSON *json = sim_reply_take_json(call->reply);
  mark_orders(json, account->market >= 0);
  sim_reply_json(call->reply, json);
}

static const char *spot_path(const binance_call *call) {
  static const char *const paths[][2] = {{"order/oto", "/api/v3/orderList/oto"},
                                         {"order/otoco", "/api/v3/orderList/otoco"},
                                         {"order/oco", "/api/v3/order/oco"},
                                         {"order", "/api/v3/order"},
                                         {"openOrders", "/api/v3/openOrders"},
                                         {"allOrders", "/api/v3/allOrders"},
                                         {"myTrades", "/api/v3/myTrades"},
                                         {"orderList", "/api/v3/orderList"},
                                         {"allOrderList", "/api/v3/allOrderList"},
                                         {"openOrderList", "/api/v3/openOrderList"},
                                         {"rateLimit/order", "/api/v3/rateLimit/order"}};
  const char *name = call->row->path + strlen("/sapi/v1/margin/");
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
    if (strcmp(paths[i][0], name) == 0) return paths[i][1];
  return NULL;
}

static void run_plain(binance_call *call) {
  margin_account *account = margin_chosen(call);
  if (account != NULL) as_spot(call, account, spot_path(call));
}

static void run_counts(binance_call *call) {
  const binance_row *own = call->row;
  call->row = binance_row_of("GET", "/api/v3/rateLimit/order");
  call->row->run(call);
  call->row = own;
}

/* --- Borrowing and paying back --- */

enum { BORROWS = 1, REPAYS = 2 };

static int32_t read_effect(binance_call *call) {
  const char *text = binance_param(call, "sideEffectType");
  if (text == NULL || strcmp(text, "NO_SIDE_EFFECT") == 0) return 0;
  if (strcmp(text, "MARGIN_BUY") == 0) return BORROWS;
  if (strcmp(text, "AUTO_REPAY") == 0) return REPAYS;
  if (strcmp(text, "AUTO_BORROW_REPAY") == 0) return BORROWS | REPAYS;
  (void)binance_fail(call, 400, -1130, "Data sent for parameter 'sideEffectType' is not valid.");
  return -1;
}

/* What buying so much would cost now. */
static paper_money cost_of(const paper_market *market, int64_t amount) {
  const paper_side *asks = &market->sides[1];
  paper_money cost = 0;
  for (uint32_t i = asks->count; i > 0 && amount > 0; i--) {
    int64_t part = amount < asks->levels[i - 1].visible ? amount : asks->levels[i - 1].visible;
    cost += (paper_money)asks->levels[i - 1].price * part * market->unit_cost;
    amount -= part;
  }
  return cost;
}

/* What an order needs, and of which currency; 0: it cannot be told, or is more than any order may be about. */
static paper_money need_of(binance_call *call, uint32_t *currency) {
  const paper_market *market = bourse__paper_market(sim_engine(call->s), (uint32_t)binance_symbol(call));
  bourse_decimal amount, price, cost;
  int64_t units = 0, ticks = 0;
  paper_money money = 0;
  const char *side = binance_param(call, "side");
  if (side == NULL || !binance_decimal(call, &amount, "quantity") || !binance_decimal(call, &price, "price") ||
      !binance_decimal(call, &cost, "quoteOrderQty"))
    return 0;
  int32_t buys = strcmp(side, "BUY") == 0;
  *currency = buys ? market->quote : market->base;
  if (buys && bourse_decimal_is_present(&cost)) return bourse__paper_to_money(&money, &cost) ? money : 0;
  if (!bourse__paper_units(&units, &amount, market->amount_scale) || units > market->amount_max) return 0;
  if (!buys) return (paper_money)units * market->unit_amount;
  if (!bourse_decimal_is_present(&price)) return cost_of(market, units);
  return bourse__paper_units(&ticks, &price, market->price_scale) && ticks <= market->price_max
             ? (paper_money)ticks * units * market->unit_cost
             : 0;
}

static void pay_back(sim *s, margin_account *account, const paper_order *order) {
  const paper_market *market = bourse__paper_market(sim_engine(s), order->market);
  uint32_t currency = order->side == BOURSE_SIDE_BUY ? market->base : market->quote;
  paper_money received =
      order->side == BOURSE_SIDE_BUY ? (paper_money)order->filled * market->unit_amount : order->cost_filled;
  paper_money idle = margin_free(s, account, currency);
  if (received > idle) received = idle;
  if (received > account->debts[currency]) received = account->debts[currency];
  received -= received % 10000000000; /* eight decimals */
  if (received > 0) (void)margin_repay(s, account, currency, received);
}

static void keep_payback(sim *s, margin_account *account, const cJSON *reply) {
  margin_state *state = margin_of(s);
  const cJSON *id = cJSON_GetObjectItemCaseSensitive(reply, "orderId");
  if (id == NULL || id->valuestring == NULL) return;
  state->paybacks = realloc(state->paybacks, (state->payback_count + 1) * sizeof *state->paybacks);
  if (state->paybacks == NULL) abort();
  state->paybacks[state->payback_count++] = (margin_payback){strtoull(id->valuestring, NULL, 10), account};
}

/* Orders that are done pay back with what they brought. */
static void settle_paybacks(sim *s) {
  margin_state *state = margin_of(s);
  for (uint32_t i = 0; i < state->payback_count;) {
    const margin_payback payback = state->paybacks[i];
    const paper_order *order = bourse__paper_find(sim_engine(s), payback.account->as.account, payback.order_id, NULL);
    if (order != NULL && bourse__paper_is_open(order)) {
      i++;
      continue;
    }
    state->paybacks[i] = state->paybacks[--state->payback_count];
    if (order != NULL) pay_back(s, payback.account, order);
  }
}

static void run_place(binance_call *call) {
  sim *s = call->s;
  uint32_t currency = 0;
  int32_t effect = read_effect(call);
  margin_account *account = effect < 0 || binance_symbol(call) < 0 ? NULL : margin_chosen(call);
  if (account == NULL) return;
  paper_money more = 0;
  if ((effect & BORROWS) != 0) {
    more = need_of(call, &currency) - margin_free(s, account, currency);
    if (call->failed) return;
    if (more > 0 && more % 10000000000 != 0) more += 10000000000 - more % 10000000000;
    if (more > 0 && !margin_borrow(s, account, currency, more)) {
      (void)binance_fail(call, 400, -3006, "Your borrow amount has exceed maximum borrow amount.");
      return;
    }
  }
  as_spot(call, account, spot_path(call));
  if (call->failed) {
    if (more > 0) (void)margin_repay(s, account, currency, more);
    return;
  }
  cJSON *json = sim_reply_take_json(call->reply);
  if (more > 0) {
    sim_json_add_money(json, "marginBuyBorrowAmount", more, -1);
    cJSON_AddStringToObject(json, "marginBuyBorrowAsset", bourse__paper_currency_code(sim_engine(s), currency));
  }
  if ((effect & REPAYS) != 0) {
    keep_payback(s, account, json);
    settle_paybacks(s);
  }
  sim_reply_json(call->reply, json);
}

/* --- Listen tokens --- */

static void run_token(binance_call *call) {
  int64_t validity;
  margin_state *state = margin_of(call->s);
  if (!binance_whole(call, &validity, "validity", VALID_NS / BINANCE_MS)) return;
  const margin_account *account = margin_chosen(call);
  if (account == NULL) return;
  if (validity <= 0 || validity > VALID_NS / BINANCE_MS) {
    (void)binance_fail(call, 400, -1130, "Data sent for parameter 'validity' is not valid.");
    return;
  }
  char parts[3][BINANCE_ID_SIZE];
  for (int32_t i = 0; i < 3; i++) binance_random_id(call->s, parts[i]);
  state->tokens = realloc(state->tokens, (state->token_count + 1) * sizeof *state->tokens);
  if (state->tokens == NULL) abort();
  margin_token *token = &state->tokens[state->token_count++];
  memset(token, 0, sizeof *token);
  (void)snprintf(token->token, sizeof token->token, "%.22s%.22s%.20s", parts[0], parts[1], parts[2]);
  token->account = account->as.account;
  token->expires_ns = sim_now_ns(call->s) + validity * BINANCE_MS;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "token", token->token);
  sim_json_add_integer(json, "expirationTime", (token->expires_ns + sim_skew_ns(call->s)) / BINANCE_MS);
  sim_reply_json(call->reply, json);
}

sim_account *binance_margin_by_token(sim *s, const char *text, int64_t *expires_ns) {
  const margin_state *state = margin_of(s);
  for (uint32_t i = 0; text != NULL && i < state->token_count; i++) {
    const margin_token *token = &state->tokens[i];
    if (strcmp(token->token, text) != 0 || token->expires_ns <= sim_now_ns(s)) continue;
    *expires_ns = token->expires_ns;
    for (uint32_t a = 0; a < state->account_count; a++)
      if (state->accounts[a]->as.account == token->account) return &state->accounts[a]->as;
  }
  return NULL;
}

static int32_t has_token(const margin_state *state, uint32_t account) {
  for (uint32_t i = 0; i < state->token_count; i++)
    if (state->tokens[i].account == account) return 1;
  return 0;
}

/* Subscriptions to an account end when the last of its tokens does. */
static void end_subscriptions(sim *s, uint32_t account) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    binance_socket *socket = sim_connection_state(c);
    if (socket->kind != BINANCE_MESSAGES_SPOT) continue;
    for (uint32_t i = 0; i < socket->account_count; i++) {
      if (socket->accounts[i] != account) continue;
      cJSON *json = cJSON_CreateObject(), *event = cJSON_CreateObject();
      sim_json_add_integer(json, "subscriptionId", socket->subscriptions[i]);
      cJSON_AddStringToObject(event, "e", "eventStreamTerminated");
      sim_json_add_integer(event, "E", sim_clock_ns(s) / BINANCE_MS);
      cJSON_AddItemToObject(json, "event", event);
      sim_send_json(c, json);
      socket->account_count--;
      socket->accounts[i] = socket->accounts[socket->account_count];
      socket->subscriptions[i] = socket->subscriptions[socket->account_count];
      break;
    }
  }
}

void binance_margin_tick(sim *s) {
  margin_state *state = margin_of(s);
  settle_paybacks(s);
  for (uint32_t i = 0; i < state->token_count;) {
    const sim_account *owner = sim_account_of(s, binance_margin_owner(s, state->tokens[i].account));
    if (state->tokens[i].expires_ns > sim_now_ns(s) &&
        !sim_fault(s, "listen_token_dead", owner == NULL ? NULL : owner->key.name)) {
      i++;
      continue;
    }
    uint32_t account = state->tokens[i].account;
    state->tokens[i] = state->tokens[--state->token_count];
    if (!has_token(state, account)) end_subscriptions(s, account);
  }
}

#define WHICH " isIsolated"
#define ORDER_PARAMS                                                                                                  \
  "symbol side type quantity quoteOrderQty price stopPrice newClientOrderId icebergQty newOrderRespType timeInForce " \
  "trailingDelta sideEffectType selfTradePreventionMode autoRepayAtCancel" WHICH
#define LEG(prefix_)                                                                                                  \
  " " prefix_ "Type " prefix_ "ClientOrderId " prefix_ "Price " prefix_ "StopPrice " prefix_ "TrailingDelta " prefix_ \
  "IcebergQty " prefix_ "TimeInForce"
#define COMMON \
  "symbol listClientOrderId newOrderRespType selfTradePreventionMode sideEffectType autoRepayAtCancel" WHICH
#define WORKING LEG("working") " workingSide workingQuantity pendingSide pendingQuantity"

#define PLACE(path_, weight_, orders_, run_, params_) \
  { "POST", "/sapi/v1/margin/" path_, NULL, BINANCE_TRADE, BINANCE_SAPI_UID, weight_, orders_, run_, params_, NULL }
#define CANCEL(path_, group_, weight_, params_) \
  { "DELETE", "/sapi/v1/margin/" path_, NULL, BINANCE_TRADE, BINANCE_##group_, weight_, 0, run_plain, params_, NULL }
#define READ(path_, weight_, run_, params_) \
  { "GET", "/sapi/v1/margin/" path_, NULL, BINANCE_SIGNED, BINANCE_SAPI, weight_, 0, run_, params_, NULL }

const binance_row binance_margin_order_rows[] = {
    PLACE("order", 6, 1, run_place, ORDER_PARAMS),
    PLACE("order/oco", 6, 2, run_plain,
          COMMON " side quantity limitClientOrderId price limitIcebergQty stopClientOrderId stopPrice stopLimitPrice "
                 "stopIcebergQty stopLimitTimeInForce"),
    PLACE("order/oto", 6, 2, run_plain, COMMON WORKING LEG("pending")),
    PLACE("order/otoco", 6, 3, run_plain, COMMON WORKING LEG("pendingAbove") LEG("pendingBelow")),
    CANCEL("order", SAPI, 10, "symbol orderId origClientOrderId newClientOrderId" WHICH),
    CANCEL("openOrders", SAPI, 1, "symbol" WHICH),
    CANCEL("orderList", SAPI_UID, 1, "symbol orderListId listClientOrderId newClientOrderId" WHICH),
    READ("order", 10, run_plain, "symbol orderId origClientOrderId" WHICH),
    READ("openOrders", 10, run_plain, "symbol" WHICH),
    READ("allOrders", 200, run_plain, "symbol orderId startTime endTime limit" WHICH),
    READ("myTrades", 10, run_plain, "symbol orderId startTime endTime fromId limit" WHICH),
    READ("orderList", 10, run_plain, "symbol orderListId origClientOrderId" WHICH),
    READ("allOrderList", 200, run_plain, "symbol fromId startTime endTime limit" WHICH),
    READ("openOrderList", 10, run_plain, "symbol" WHICH),
    READ("rateLimit/order", 20, run_counts, "symbol" WHICH),
    {"POST", "/sapi/v1/userListenToken", NULL, BINANCE_KEY, BINANCE_SAPI_UID, 1, 0, run_token,
     "symbol isIsolated validity", NULL},
    {0},
};
