/* sim/okx_orders.c - placing, changing and ending orders; the dead man's switch. Follows "Order Book Trading", "Trade" of the
 * exchange's V5 documents. */
#include "okx.h"

static const struct {
  const char *name;
  int32_t limit, force, post_only;
} types[] = {{"market", 0, 0, 0},
             {"limit", 1, BOURSE_GOOD_TILL_CANCELED, 0},
             {"post_only", 1, BOURSE_GOOD_TILL_CANCELED, 1},
             {"fok", 1, BOURSE_FILL_OR_KILL, 0},
             {"ioc", 1, BOURSE_IMMEDIATE_OR_CANCEL, 0},
             {"optimal_limit_ioc", 0, 0, 0}};

/* --- Finding --- The id counts where both are sent. */

okx_order *okx_find(okx_call *call, int32_t market, int32_t algo) {
  const sim_orders *orders = &okx_of(call->s)->orders;
  const char *id = okx_param(call, algo ? "algoId" : "ordId"),
             *client_id = okx_param(call, algo ? "algoClOrdId" : "clOrdId");
  if (id == NULL && client_id == NULL) {
    (void)okx_fail(call, 51003, "Either client order ID or order ID is required.");
    return NULL;
  }
  for (uint32_t i = orders->count; i-- > 0;) { /* of those that share an id the newest */
    okx_order *order = (okx_order *)orders->items[i];
    if (order->o.account != call->account->account || (order->kind != OKX_PLAIN) != algo ||
        (market >= 0 && order->o.market != (uint32_t)market))
      continue;
    if (id != NULL ? order->o.id == okx_id_number(id) : strcmp(order->o.client_id, client_id) == 0) return order;
  }
  return NULL;
}

/* --- Reading an order --- */

static int32_t is_alphanumeric(const char *text, size_t most) {
  return strlen(text) <= most &&
         strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == strlen(text);
}

int32_t okx_read_client_id(okx_call *call, okx_order *order, const char *name) {
  const char *text = okx_param(call, name), *tag = okx_param(call, "tag");
  if (tag != NULL && !is_alphanumeric(tag, 16)) return okx_fail(call, 51000, "Parameter tag error");
  (void)snprintf(order->tag, sizeof order->tag, "%s", tag == NULL ? "" : tag);
  if (text == NULL) return 1;
  if (!is_alphanumeric(text, 32)) return okx_fail(call, 51000, "Parameter %s error", name);
  const sim_order *other = sim_order_by_client(call->s, &okx_of(call->s)->orders, order->o.account, text);
  if (other != NULL && sim_order_is_open(call->s, other)) return okx_fail(call, 51016, "Duplicated client order ID");
  (void)snprintf(order->o.client_id, sizeof order->o.client_id, "%s", text);
  return 1;
}

/* In long and short mode each order says which position it is about. */
int32_t okx_read_side(okx_call *call, okx_order *order, bourse_order_request *request) {
  const char *side = okx_need(call, "side"), *mode = side == NULL ? NULL : okx_need(call, "tdMode"),
             *position = okx_param(call, "posSide"), *stp = okx_param(call, "stpMode");
  int32_t hedged = okx_account(call->s, order->o.account)->hedged, spot = okx_is_spot(order->o.market);
  if (mode == NULL) return 0;
  request->side = strcmp(side, "buy") == 0 ? BOURSE_SIDE_BUY : strcmp(side, "sell") == 0 ? BOURSE_SIDE_SELL : 0;
  if (request->side == 0) return okx_fail(call, 51000, "Parameter side error");
  /* Of the algo service on spot clients send "cross" (ccxt has been refused "cash" there): both are taken. */
  int32_t margin = strcmp(mode, "cross") == 0 || strcmp(mode, "isolated") == 0;
  int32_t fits = spot ? strcmp(mode, "cash") == 0 || (margin && order->kind != OKX_PLAIN) : margin;
  if (!fits) return okx_fail(call, 51010, "Operation is not supported under the current account mode");
  (void)snprintf(order->mode, sizeof order->mode, "%s", spot ? "cash" : mode);
  request->self_trade = stp != NULL && strcmp(stp, "cancel_taker") == 0  ? BOURSE_SELF_TRADE_CANCEL_TAKER
                        : stp != NULL && strcmp(stp, "cancel_both") == 0 ? BOURSE_SELF_TRADE_CANCEL_BOTH
                                                                         : BOURSE_SELF_TRADE_CANCEL_MAKER;
  (void)snprintf(order->position, sizeof order->position, "%s", spot ? "" : "net");
  if (spot) return 1;
  if (position != NULL && strcmp(position, "net") != 0) {
    int32_t goes_long = strcmp(position, "long") == 0;
    if (!hedged || (!goes_long && strcmp(position, "short") != 0))
      return okx_fail(call, 51000, "Parameter posSide error");
    request->position_side = goes_long ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
    (void)snprintf(order->position, sizeof order->position, "%s", position);
  } else if (hedged) {
    return okx_fail(call, 51000, "Parameter posSide error");
  }
  if (okx_true(call, "reduceOnly") && !hedged) request->reduce_only = BOURSE_YES;
  return 1;
}

/* Contracts of cross and isolated margin: an order says which, and the position is of the one kind or the other. */
static int32_t set_margin(okx_call *call, const okx_order *order) {
  int32_t isolated = strcmp(order->mode, "isolated") == 0;
  const paper_holding *holding = &okx_account(call->s, order->o.account)->holdings[order->o.market];
  if (okx_is_spot(order->o.market) || holding->isolated == isolated) return 1;
  int32_t code = bourse__paper_set_isolated(sim_engine(call->s), order->o.account, order->o.market, isolated);
  sim_settle(call->s);
  return code == BOURSE_OK ? 1 : okx_fail(call, 51010, "There is a position or an order of the other margin mode");
}

static int32_t read_amount(okx_call *call, okx_order *order, bourse_order_request *request) {
  const char *target = okx_param(call, "tgtCcy");
  bourse_decimal size;
  if (okx_need(call, "sz") == NULL || !okx_decimal(call, &size, "sz")) return 0;
  if (okx_is_spot(order->o.market) && request->type == BOURSE_ORDER_MARKET) {
    order->in_quote = target == NULL ? request->side == BOURSE_SIDE_BUY : strcmp(target, "quote_ccy") == 0;
    order->has_target = 1;
    if (target != NULL && !order->in_quote && strcmp(target, "base_ccy") != 0)
      return okx_fail(call, 51000, "Parameter tgtCcy error");
  }
  if (order->in_quote)
    request->cost = size;
  else
    (void)okx_read_size(order->o.market, &request->amount, &size);
  return 1;
}

static int32_t check_price(okx_call *call, const paper_market *market, const bourse_order_request *request) {
  int64_t price, now = okx_mark(call->s, market->index), band = now / 20;
  if (!bourse_decimal_is_present(&request->price)) return 1;
  if (!bourse__paper_units(&price, &request->price, market->price_scale) || price <= 0 || price % market->tick != 0)
    return okx_fail(call, 51000, "Parameter px error");
  if (now == 0 || (request->side == BOURSE_SIDE_BUY ? price <= now + band : price >= now - band)) return 1;
  return okx_fail(call, 51006, "Order price is not within the price limit (max buy price: %s, min sell price: %s)",
                  okx_price(call->s, market->index, now + band), okx_price(call->s, market->index, now - band));
}

int32_t okx_check_size(okx_call *call, const paper_market *market, const bourse_order_request *request) {
  int64_t amount;
  paper_money cost;
  if (bourse_decimal_is_present(&request->cost)) {
    if (!bourse__paper_to_money(&cost, &request->cost)) return okx_fail(call, 51000, "Parameter sz error");
    return cost > 0 ? 1 : okx_fail(call, 51020, "Your order should meet or exceed the minimum order amount.");
  }
  if (bourse_decimal_sign(&request->amount) <= 0) return okx_fail(call, 51000, "Parameter sz error");
  if (!bourse__paper_units(&amount, &request->amount, market->amount_scale) || amount % market->step != 0)
    return okx_fail(call, 51121, "Order quantity must be a multiple of the lot size.");
  if (amount < market->amount_min)
    return okx_fail(call, 51020, "Your order should meet or exceed the minimum order amount.");
  return amount <= market->amount_max ? 1 : okx_fail(call, 51202, "The order amount exceeds the maximum order amount");
}

static int32_t read_order(okx_call *call, okx_order *order, bourse_order_request *request) {
  const char *type = okx_need(call, "ordType");
  const paper_market *market = okx_market(call->s, order->o.market);
  const cJSON *attached = cJSON_GetObjectItemCaseSensitive(call->body, "attachAlgoOrds");
  size_t i = 0;
  if (type == NULL) return 0;
  while (i < sizeof types / sizeof types[0] && strcmp(types[i].name, type) != 0) i++;
  if (i == sizeof types / sizeof types[0] || (okx_is_spot(order->o.market) && strcmp(type, "optimal_limit_ioc") == 0))
    return okx_fail(call, 51000, "Parameter ordType error");
  order->type = types[i].name;
  request->type = types[i].limit ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  request->time_in_force = types[i].force;
  request->post_only = types[i].post_only ? BOURSE_YES : BOURSE_UNSET;
  if (types[i].limit && (okx_need(call, "px") == NULL || !okx_decimal(call, &request->price, "px"))) return 0;
  return okx_read_client_id(call, order, "clOrdId") && okx_read_side(call, order, request) &&
         read_amount(call, order, request) &&
         okx_read_attached(call, &order->attached, cJSON_GetArrayItem(attached, 0)) &&
         check_price(call, market, request) && okx_check_size(call, market, request);
}

/* The engine's refusal in the exchange's words. */
int32_t okx_refused(okx_call *call, int32_t reason, uint32_t m) {
  const bourse_market *about = okx_market(call->s, m)->about;
  switch (reason) {
    case PAPER_NO_FUNDS:
      return okx_is_spot(m) ? okx_fail(call, 51008, "Order failed. Insufficient %s balance in account.", about->quote)
                            : okx_fail(call, 51008, "Order failed. Insufficient %s margin in account", about->settle);
    case PAPER_REDUCE_ONLY:
      return okx_fail(call, 51169,
                      "Order failed because you don't have any positions in this direction for this "
                      "contract to reduce or close.");
    case PAPER_POSITION_MODE: return okx_fail(call, 51000, "Parameter posSide error");
    case PAPER_DUPLICATE: return okx_fail(call, 51016, "Duplicated client order ID");
    case PAPER_COST_MIN: return okx_fail(call, 51020, "Your order should meet or exceed the minimum order amount.");
    default: return okx_fail(call, 51000, "%s", bourse__paper_error(sim_engine(call->s))->text);
  }
}

/* --- Placing --- */

int32_t okx_end_late(sim *s, okx_order *order, int32_t reason) {
  switch (reason) {
    case PAPER_WOULD_TAKE: order->cancel_source = "31"; break;
    case PAPER_UNFILLED: order->cancel_source = strcmp(order->type, "fok") == 0 ? "13" : "14"; break;
    case PAPER_NO_LIQUIDITY: order->cancel_source = "14"; break;
    case PAPER_SELF_TRADE: order->cancel_source = "32"; break;
    default: return 0;
  }
  sim_order_end(s, &okx_of(s)->orders, &order->o, BOURSE_ORDER_CANCELED, reason);
  return 1;
}

static void tell_ids(okx_call *call, const okx_order *order) {
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "ordId", okx_id(order->o.id));
  cJSON_AddStringToObject(row, "clOrdId", order->o.client_id);
  okx_add(call, row);
}

static void run_place(okx_call *call) {
  sim *s = call->s;
  sim_orders *orders = &okx_of(s)->orders;
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  int32_t market = okx_instrument(call);
  if (market < 0) return;
  okx_order *order = (okx_order *)sim_order_new(s, orders, call->account->account, (uint32_t)market);
  if (!read_order(call, order, &request) || !set_margin(call, order)) {
    sim_order_drop(orders, &order->o);
    return;
  }
  int32_t reason = sim_order_place(s, orders, &order->o, &request);
  if (reason != PAPER_NO_REASON && !okx_end_late(s, order, reason)) {
    (void)okx_refused(call, reason, (uint32_t)market);
    sim_order_drop(orders, &order->o);
    return;
  }
  tell_ids(call, order);
}

/* --- Changing --- */

static int32_t amend(okx_call *call, okx_order *order, const paper_order *paper) {
  sim *s = call->s;
  const paper_market *market = okx_market(s, order->o.market);
  bourse_order_request changes = BOURSE_ORDER_REQUEST_INIT, whole;
  bourse_decimal size;
  int64_t amount;
  const char *id = okx_param(call, "reqId");
  if (!okx_decimal(call, &size, "newSz") || !okx_decimal(call, &changes.price, "newPx")) return 0;
  if (!bourse_decimal_is_present(&size) && !bourse_decimal_is_present(&changes.price))
    return okx_fail(call, 51512, "Failed to amend orders in batches. You must include newSz or newPx.");
  (void)okx_read_size(order->o.market, &changes.amount, &size);
  whole = changes;
  whole.side = paper->side;
  if (!bourse_decimal_is_present(&size)) whole.amount = bourse__paper_decimal(paper->amount, market->amount_scale);
  if (!check_price(call, market, &whole) || !okx_check_size(call, market, &whole)) return 0;
  (void)bourse__paper_units(&amount, &whole.amount, market->amount_scale);
  if (amount < paper->filled) return okx_fail(call, 51531, "The new size is below what is filled");
  (void)snprintf(order->request_id, sizeof order->request_id, "%s", id == NULL ? "" : id);
  order->amended = 1;
  if (amount == paper->filled) { /* nothing is left of it */
    (void)sim_order_cancel(s, &okx_of(s)->orders, &order->o);
    return 1;
  }
  if (sim_edit(s, (paper_order *)(uintptr_t)paper, &changes) == BOURSE_OK) return 1;
  int32_t reason = bourse__paper_error(sim_engine(s))->reason;
  order->amended = 0;
  if (reason == PAPER_WOULD_TAKE) {
    order->cancel_source = "31";
    (void)sim_order_cancel(s, &okx_of(s)->orders, &order->o);
    return 1;
  }
  if (reason == PAPER_NO_CHANGE) return 1;
  if (okx_true(call, "cxlOnFail")) (void)sim_order_cancel(s, &okx_of(s)->orders, &order->o);
  return okx_refused(call, reason, order->o.market);
}

static void run_amend(okx_call *call) {
  int32_t market = okx_instrument(call);
  okx_order *order = market < 0 ? NULL : okx_find(call, market, 0);
  if (call->failed) return;
  const paper_order *paper = order == NULL ? NULL : sim_order_paper(call->s, &order->o);
  if (paper == NULL)
    (void)okx_fail(call, 51503, "Your order does not exist.");
  else if (!bourse__paper_is_open(paper))
    (void)okx_fail(call, paper->status == BOURSE_ORDER_FILLED ? 51510 : 51509, "%s",
                   paper->status == BOURSE_ORDER_FILLED ? "Modification failed as the order has been completed."
                                                        : "Modification failed as the order has been canceled.");
  else if (amend(call, order, paper)) {
    tell_ids(call, order);
    cJSON_AddStringToObject(cJSON_GetArrayItem(call->data, 0), "reqId", order->request_id);
  }
}

/* --- Ending --- */

static void run_cancel(okx_call *call) {
  int32_t market = okx_instrument(call);
  okx_order *order = market < 0 ? NULL : okx_find(call, market, 0);
  if (call->failed) return;
  const paper_order *paper = order == NULL ? NULL : sim_order_paper(call->s, &order->o);
  if (paper == NULL)
    (void)okx_fail(call, 51400, "Cancellation failed as the order has been filled, canceled or does not exist.");
  else if (!bourse__paper_is_open(paper))
    (void)okx_fail(call, paper->status == BOURSE_ORDER_FILLED ? 51402 : 51401, "%s",
                   paper->status == BOURSE_ORDER_FILLED ? "Cancellation failed as the order is already completed."
                                                        : "Cancellation failed as the order is already canceled.");
  else {
    order->cancel_source = "1";
    (void)sim_order_cancel(call->s, &okx_of(call->s)->orders, &order->o);
    tell_ids(call, order);
  }
}

void okx_cancel_all(sim *s, uint32_t account, const char *source) {
  sim_orders *orders = &okx_of(s)->orders;
  for (uint32_t i = 0; i < orders->count; i++) {
    okx_order *order = (okx_order *)orders->items[i];
    if (order->o.account != account || order->kind != OKX_PLAIN || !sim_order_is_open(s, &order->o)) continue;
    order->cancel_source = source;
    (void)sim_order_cancel(s, orders, &order->o);
  }
}

static void run_dead_man(okx_call *call) {
  int64_t seconds;
  if (okx_need(call, "timeOut") == NULL || !okx_whole(call, &seconds, "timeOut", 0)) return;
  if (seconds != 0 && (seconds < 10 || seconds > 120)) {
    (void)okx_fail(call, 51000, "Parameter timeOut error");
    return;
  }
  int64_t due_ns = seconds == 0 ? 0 : sim_now_ns(call->s) + seconds * OKX_SECOND;
  if (call->account->account < OKX_ACCOUNTS) okx_of(call->s)->timers[call->account->account] = due_ns;
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "triggerTime", seconds == 0 ? "0" : okx_ms(call->s, due_ns));
  cJSON_AddStringToObject(row, "tag", "");
  cJSON_AddStringToObject(row, "ts", okx_ms(call->s, sim_now_ns(call->s)));
  okx_add(call, row);
}

/* At the market, all of it. */
static void run_close(okx_call *call) {
  sim *s = call->s;
  sim_orders *orders = &okx_of(s)->orders;
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  const char *position = okx_param(call, "posSide");
  int32_t market = okx_instrument(call);
  if (market < 0 || okx_need(call, "mgnMode") == NULL) return;
  const paper_account *owner = okx_account(s, call->account->account);
  const paper_position *slots = owner->holdings[market].slots;
  int32_t slot = position != NULL && strcmp(position, "short") == 0 ? PAPER_SHORT
                 : position != NULL && strcmp(position, "long") == 0
                     ? PAPER_LONG
                     : (slots[PAPER_SHORT].size != 0 ? PAPER_SHORT : PAPER_LONG);
  if (slots[slot].size == 0) {
    (void)okx_fail(call, 51023, "Position doesn't exist.");
    return;
  }
  okx_order *order = (okx_order *)sim_order_new(s, orders, call->account->account, (uint32_t)market);
  order->type = "market";
  (void)snprintf(order->mode, sizeof order->mode, "%s", okx_mode_of(s, order->o.account, order->o.market));
  (void)snprintf(order->position, sizeof order->position, "%s",
                 !owner->hedged       ? "net"
                 : slot == PAPER_LONG ? "long"
                                      : "short");
  if (!okx_read_client_id(call, order, "clOrdId")) {
    sim_order_drop(orders, &order->o);
    return;
  }
  request.side = slot == PAPER_LONG ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  request.type = BOURSE_ORDER_MARKET;
  request.amount = bourse__paper_decimal(slots[slot].size, okx_market(s, (uint32_t)market)->amount_scale);
  if (owner->hedged)
    request.position_side = slot == PAPER_LONG ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
  else
    request.reduce_only = BOURSE_YES;
  int32_t reason = sim_order_place(s, orders, &order->o, &request);
  if (reason != PAPER_NO_REASON && !okx_end_late(s, order, reason)) {
    (void)okx_refused(call, reason, (uint32_t)market);
    sim_order_drop(orders, &order->o);
    return;
  }
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "instId", okx_market(s, (uint32_t)market)->about->id);
  cJSON_AddStringToObject(row, "posSide", order->position);
  cJSON_AddStringToObject(row, "clOrdId", order->o.client_id);
  cJSON_AddStringToObject(row, "tag", order->tag);
  okx_add(call, row);
}

#define TRADE(path_, op_, limit_, several_, run_) \
  { "POST", "/api/v5/trade/" path_, op_, OKX_TRADE, OKX_BY_INSTRUMENT, limit_, 2, several_, 1, run_ }

const okx_row okx_order_rows[] = {
    TRADE("order", "order", 60, 0, run_place),
    TRADE("amend-order", "amend-order", 60, 0, run_amend),
    TRADE("cancel-order", "cancel-order", 60, 0, run_cancel),
    TRADE("batch-orders", "batch-orders", 300, 20, run_place),
    TRADE("amend-batch-orders", "batch-amend-orders", 300, 20, run_amend),
    TRADE("cancel-batch-orders", "batch-cancel-orders", 300, 20, run_cancel),
    {"POST", "/api/v5/trade/cancel-all-after", NULL, OKX_TRADE, OKX_BY_USER, 1, 1, 0, 0, run_dead_man},
    {"POST", "/api/v5/trade/close-position", NULL, OKX_TRADE, OKX_BY_INSTRUMENT, 20, 2, 0, 0, run_close},
    {0},
};
