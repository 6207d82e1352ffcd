/* sim/binance_spot.c - spot orders: placing, cancelling, replacing, amending. Follows "Trading endpoints", "Filters",
 * "Order Amend Keep Priority" and "Errors" of the exchange's spot documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binance.h"

/* --- Records --- */

binance_order *binance_order_of(sim *s, uint64_t id) {
  binance_state *state = binance_state_of(s);
  uint32_t low = 0, high = state->order_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (state->orders[middle].id < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low < state->order_count && state->orders[low].id == id ? &state->orders[low] : NULL;
}

/* Ids rise, but orders of one list may be told of out of turn. */
binance_order *binance_order_add(sim *s, const binance_order *order) {
  binance_state *state = binance_state_of(s);
  if (state->order_count == state->order_capacity) {
    state->order_capacity = state->order_capacity == 0 ? 64 : state->order_capacity * 2;
    state->orders = realloc(state->orders, state->order_capacity * sizeof *state->orders);
    if (state->orders == NULL) abort();
  }
  uint32_t at = state->order_count++;
  for (; at > 0 && state->orders[at - 1].id > order->id; at--) state->orders[at] = state->orders[at - 1];
  state->orders[at] = *order;
  return &state->orders[at];
}

const paper_order *binance_paper_order(sim *s, const binance_order *order) {
  return order->ghost != NULL ? order->ghost : bourse__paper_find(sim_engine(s), order->account, order->id, NULL);
}

void binance_random_id(sim *s, char out[BINANCE_ID_SIZE]) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  for (int32_t i = 0; i < 22; i++) out[i] = letters[sim_random(s) % 62];
  out[22] = '\0';
}

void binance_expect(sim *s, const binance_leg *leg, uint32_t account) {
  binance_state *state = binance_state_of(s);
  binance_order *order = &state->expected[state->expected_count++];
  *order = leg->about;
  order->account = account;
  memcpy(order->client_id, leg->client_id, sizeof order->client_id);
}

void binance_expected(sim *s) { binance_state_of(s)->expected_count = 0; }

static binance_order *keep_order(sim *s, const paper_event *event, uint64_t id, const char *client_id) {
  binance_state *state = binance_state_of(s);
  binance_order fresh;
  memset(&fresh, 0, sizeof fresh);
  for (uint32_t i = 0; i < state->expected_count; i++)
    if (state->expected[i].account == event->account && strcmp(state->expected[i].client_id, client_id) == 0)
      fresh = state->expected[i];
  fresh.id = id;
  fresh.account = event->account;
  fresh.market = event->market;
  (void)snprintf(fresh.client_id, sizeof fresh.client_id, "%.36s", client_id);
  return binance_order_add(s, &fresh);
}

void binance_spot_event(sim *s, const paper_event *event) {
  if (event->kind == PAPER_EVENT_FILL) {
    const paper_fill *fill = &event->u.fill;
    binance_order *order = binance_order_of(s, fill->order_id);
    /* An order by which the exchange closes a position is not told of before it has filled. */
    if (order == NULL && event->market >= BINANCE_SPOT_MARKETS && sim_account_of(s, event->account) != NULL)
      order = keep_order(s, event, fill->order_id, fill->client_id);
    if (order != NULL) order->pending = (binance_fill){*fill, 1};
  } else if (event->kind == PAPER_EVENT_ORDER && binance_order_of(s, event->u.order.id) == NULL) {
    (void)keep_order(s, event, event->u.order.id, event->u.order.client_id);
  }
}

/* --- Reading an order --- */

/* "price" or "pendingAbovePrice". */
static const char *name_of(char out[64], const char *prefix, const char *name) {
  (void)snprintf(out, 64, "%s%s", prefix, name);
  if (prefix[0] != '\0' && name[0] >= 'a' && name[0] <= 'z') out[strlen(prefix)] = (char)(name[0] - 32);
  return out;
}

enum { PRICE = 1, QUANTITY = 2, FORCE = 4, STOP = 8, DELTA = 16, ICEBERG = 32, COST = 64 };

static const struct {
  int32_t wants, takes;
} rules[BINANCE_TYPES] = {
    [BINANCE_TYPE_LIMIT] = {PRICE | QUANTITY | FORCE, ICEBERG},
    [BINANCE_TYPE_MARKET] = {0, QUANTITY | COST},
    [BINANCE_TYPE_STOP_LOSS] = {QUANTITY, STOP | DELTA},
    [BINANCE_TYPE_STOP_LOSS_LIMIT] = {PRICE | QUANTITY | FORCE, STOP | DELTA | ICEBERG},
    [BINANCE_TYPE_TAKE_PROFIT] = {QUANTITY, STOP | DELTA},
    [BINANCE_TYPE_TAKE_PROFIT_LIMIT] = {PRICE | QUANTITY | FORCE, STOP | DELTA | ICEBERG},
    [BINANCE_TYPE_LIMIT_MAKER] = {PRICE | QUANTITY, ICEBERG},
};

/* Which of the parameters that orders of a kind must or may have are there. */
static int32_t check_members(binance_call *call, int32_t type, const char *prefix, const char *quantity) {
  static const struct {
    int32_t bit;
    const char *name;
  } members[] = {{PRICE, "price"},         {QUANTITY, "quantity"},  {FORCE, "timeInForce"}, {STOP, "stopPrice"},
                 {DELTA, "trailingDelta"}, {ICEBERG, "icebergQty"}, {COST, "quoteOrderQty"}};
  int32_t given = 0;
  char name[64];
  for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
    const char *full =
        members[i].bit == QUANTITY && quantity != NULL ? quantity : name_of(name, prefix, members[i].name);
    if (members[i].bit == COST && prefix[0] != '\0') continue;
    if (binance_param(call, full) != NULL)
      given |= members[i].bit;
    else if ((rules[type].wants & members[i].bit) != 0 && quantity != NULL)
      return binance_need(call, full) != NULL;
    if ((given & members[i].bit) != 0 && ((rules[type].wants | rules[type].takes) & members[i].bit) == 0)
      return binance_fail(call, 400, -1106, "Parameter '%s' sent when not required.", full);
  }
  if (type == BINANCE_TYPE_MARKET && (given & (QUANTITY | COST)) == 0 && quantity != NULL)
    return binance_need(call, quantity) != NULL;
  if ((given & (QUANTITY | COST)) == (QUANTITY | COST))
    return binance_fail(call, 400, -1128, "Combination of optional parameters invalid.");
  if ((rules[type].takes & STOP) != 0 && (given & (STOP | DELTA)) == 0)
    return binance_need(call, name_of(name, prefix, "stopPrice")) != NULL;
  return 1;
}

static int32_t read_client_id(binance_call *call, char out[BINANCE_ID_SIZE], const char *name) {
  const char *text = binance_param(call, name);
  if (text == NULL) {
    binance_random_id(call->s, out);
    return 1;
  }
  size_t good = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
  if (text[good] != '\0' || good >= BINANCE_ID_SIZE)
    return binance_fail(call, 400, -1100,
                        "Illegal characters found in parameter '%s'; legal range is '^[a-zA-Z0-9-_]{1,36}$'.", name);
  memcpy(out, text, good + 1);
  return 1;
}

static int32_t read_force(binance_call *call, bourse_order_request *request, const char *name) {
  const char *text = binance_param(call, name);
  if (text == NULL) return 1;
  if (strcmp(text, "GTC") == 0)
    request->time_in_force = BOURSE_GOOD_TILL_CANCELED;
  else if (strcmp(text, "IOC") == 0)
    request->time_in_force = BOURSE_IMMEDIATE_OR_CANCEL;
  else if (strcmp(text, "FOK") == 0)
    request->time_in_force = BOURSE_FILL_OR_KILL;
  else
    return binance_fail(call, 400, -1115, "Invalid timeInForce.");
  return 1;
}

static int32_t read_self_trade(binance_call *call, bourse_order_request *request) {
  static const char *const names[] = {"", "NONE", "EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH", "DECREMENT", NULL};
  const char *text = binance_param(call, "selfTradePreventionMode");
  request->self_trade = BOURSE_SELF_TRADE_CANCEL_MAKER;
  for (int32_t i = 1; text != NULL; i++) {
    if (names[i] == NULL)
      return binance_fail(call, 400, -1130, "Data sent for parameter 'selfTradePreventionMode' is not valid.");
    if (strcmp(names[i], text) != 0) continue;
    request->self_trade = i;
    break;
  }
  return 1;
}

static int32_t read_stop(binance_call *call, binance_leg *leg, const char *prefix) {
  char name[64];
  bourse_decimal stop;
  int32_t is_loss = leg->about.type == BINANCE_TYPE_STOP_LOSS || leg->about.type == BINANCE_TYPE_STOP_LOSS_LIMIT;
  if (!binance_decimal(call, &stop, name_of(name, prefix, "stopPrice")) ||
      !binance_whole(call, &leg->about.trailing_delta, name_of(name, prefix, "trailingDelta"), 0))
    return 0;
  if (leg->about.trailing_delta > 0) {
    bourse_decimal_from_int64(&leg->request.trailing_percent, leg->about.trailing_delta);
    leg->request.trailing_percent.exponent = -2;
    leg->request.trailing_activation_price = stop;
  } else if (is_loss) {
    leg->request.stop_loss_price = stop;
  } else if (leg->about.type != BINANCE_TYPE_LIMIT_MAKER) {
    leg->request.take_profit_price = stop;
  }
  return 1;
}

int32_t binance_read_leg(binance_call *call, binance_leg *leg, const char *prefix, const char *side_name,
                         const char *quantity_name) {
  char name[64];
  bourse_order_request *request = &leg->request;
  memset(leg, 0, sizeof *leg);
  request->struct_size = sizeof *request;
  request->api_version = BOURSE_API_VERSION;
  const char *side = binance_need(call, side_name),
             *type = side == NULL ? NULL : binance_need(call, name_of(name, prefix, "type"));
  if (type == NULL) return 0;
  request->side = strcmp(side, "BUY") == 0 ? BOURSE_SIDE_BUY : strcmp(side, "SELL") == 0 ? BOURSE_SIDE_SELL : 0;
  if (request->side == 0) return binance_fail(call, 400, -1117, "Invalid side.");
  while (leg->about.type < BINANCE_TYPES && strcmp(binance_types[leg->about.type], type) != 0) leg->about.type++;
  if (leg->about.type == BINANCE_TYPES) return binance_fail(call, 400, -1116, "Invalid orderType.");
  if (!check_members(call, leg->about.type, prefix, quantity_name)) return 0;
  int32_t limited = (rules[leg->about.type].wants & PRICE) != 0;
  request->type = limited ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  request->post_only = leg->about.type == BINANCE_TYPE_LIMIT_MAKER ? BOURSE_YES : BOURSE_UNSET;
  if (!binance_decimal(call, &request->price, name_of(name, prefix, "price")) ||
      (quantity_name != NULL && !binance_decimal(call, &request->amount, quantity_name)) ||
      (prefix[0] == '\0' && !binance_decimal(call, &request->cost, "quoteOrderQty")) ||
      !binance_decimal(call, &request->iceberg_amount, name_of(name, prefix, "icebergQty")) ||
      !read_force(call, request, name_of(name, prefix, "timeInForce")) || !read_self_trade(call, request) ||
      ((rules[leg->about.type].takes & STOP) != 0 && !read_stop(call, leg, prefix)) ||
      !binance_whole(call, &leg->about.strategy_id, name_of(name, prefix, "strategyId"), 0) ||
      !binance_whole(call, &leg->about.strategy_type, name_of(name, prefix, "strategyType"), 0))
    return 0;
  if (bourse_decimal_sign(&request->iceberg_amount) == 0)
    memset(&request->iceberg_amount, 0, sizeof request->iceberg_amount);
  if (bourse_decimal_is_present(&request->iceberg_amount) && request->time_in_force > BOURSE_GOOD_TILL_CANCELED)
    return binance_fail(call, 400, -1013, "This order type only supports GTC time in force with an icebergQty.");
  if (!read_client_id(call, leg->client_id,
                      prefix[0] == '\0' ? "newClientOrderId" : name_of(name, prefix, "clientOrderId")))
    return 0;
  request->client_order_id = leg->client_id;
  return 1;
}

/* --- Filters --- */

static int32_t refuse_filter(binance_call *call, const char *filter) {
  return binance_fail(call, 400, -1013, "Filter failure: %s", filter);
}

static int32_t check_price(binance_call *call, const paper_market *market, const bourse_decimal *price,
                           int32_t by_percent) {
  int64_t units;
  if (!bourse_decimal_is_present(price)) return 1;
  if (!bourse__paper_units(&units, price, market->price_scale) || units < market->tick || units % market->tick != 0 ||
      units > market->price_max)
    return refuse_filter(call, "PRICE_FILTER");
  if (by_percent && market->last > 0 && (units > market->last * 5 || units < market->last / 5))
    return refuse_filter(call, "PERCENT_PRICE_BY_SIDE");
  return 1;
}

static int32_t check_amount(binance_call *call, const paper_market *market, const binance_leg *leg) {
  const bourse_order_request *request = &leg->request;
  int64_t amount, price = market->last, shown;
  paper_money cost;
  if (bourse_decimal_is_present(&request->cost)) {
    if (!bourse__paper_to_money(&cost, &request->cost)) return refuse_filter(call, "NOTIONAL");
    return cost < market->cost_min ? refuse_filter(call, "NOTIONAL") : 1;
  }
  if (!bourse_decimal_is_present(&request->amount)) return 1; /* sized by another order */
  if (!bourse__paper_units(&amount, &request->amount, market->amount_scale) || amount < market->amount_min ||
      amount > market->amount_max || amount % market->step != 0)
    return refuse_filter(call, "LOT_SIZE");
  if (bourse_decimal_is_present(&request->price))
    (void)bourse__paper_units(&price, &request->price, market->price_scale);
  if ((paper_money)price * amount * market->unit_cost < market->cost_min) return refuse_filter(call, "NOTIONAL");
  if (!bourse_decimal_is_present(&request->iceberg_amount)) return 1;
  if (!bourse__paper_units(&shown, &request->iceberg_amount, market->amount_scale) || shown < market->amount_min ||
      shown % market->step != 0)
    return refuse_filter(call, "LOT_SIZE");
  return (amount + shown - 1) / shown > 100 ? refuse_filter(call, "ICEBERG_PARTS") : 1;
}

static int32_t check_counts(binance_call *call, uint32_t market, int32_t conditional) {
  const paper_account *account = bourse__paper_account(sim_engine(call->s), call->account->account);
  uint32_t stops = 0, all = 0;
  for (const paper_order *order = account->open.first; order != NULL; order = order->owner_next) {
    all += order->market == market;
    stops += order->market == market && order->trigger_kind != PAPER_TRIGGER_NONE && !order->fired;
  }
  if (all >= 200) return refuse_filter(call, "MAX_NUM_ORDERS");
  return conditional && stops >= 5 ? refuse_filter(call, "MAX_NUM_ALGO_ORDERS") : 1;
}

int32_t binance_check_filters(binance_call *call, uint32_t index, const binance_leg *leg) {
  const paper_market *market = bourse__paper_market(sim_engine(call->s), index);
  const bourse_order_request *request = &leg->request;
  const bourse_decimal *stop = bourse_decimal_is_present(&request->stop_loss_price) ? &request->stop_loss_price
                               : bourse_decimal_is_present(&request->take_profit_price)
                                   ? &request->take_profit_price
                                   : &request->trailing_activation_price;
  int32_t conditional = (rules[leg->about.type].takes & STOP) != 0;
  if (leg->about.trailing_delta != 0 && (leg->about.trailing_delta < 10 || leg->about.trailing_delta > 2000))
    return refuse_filter(call, "TRAILING_DELTA");
  return check_price(call, market, &request->price, 1) && check_price(call, market, stop, 0) &&
         check_amount(call, market, leg) && check_counts(call, index, conditional);
}

int32_t binance_refused(binance_call *call) {
  switch (bourse__paper_error(sim_engine(call->s))->reason) {
    case PAPER_NO_FUNDS:
      return binance_fail(call, 400, -2010, "Account has insufficient balance for requested action.");
    case PAPER_WOULD_TAKE: return binance_fail(call, 400, -2010, "Order would immediately match and take.");
    case PAPER_WOULD_TRIGGER: return binance_fail(call, 400, -2010, "Stop price would trigger immediately.");
    case PAPER_DUPLICATE: return binance_fail(call, 400, -2010, "Duplicate order sent.");
    case PAPER_BAD_TICK:
    case PAPER_PRICE_RANGE: return refuse_filter(call, "PRICE_FILTER");
    case PAPER_BAD_STEP:
    case PAPER_AMOUNT_MIN:
    case PAPER_AMOUNT_MAX: return refuse_filter(call, "LOT_SIZE");
    case PAPER_COST_MIN: return refuse_filter(call, "NOTIONAL");
    default:
      return binance_fail(call, 400, -2010, "Order rejected: %s.", bourse__paper_error(sim_engine(call->s))->text);
  }
}

/* --- Placing --- */

/* The engine keeps nothing of an order that cannot be filled at once as it must; the exchange takes it and lets it expire. */
const paper_order *binance_expire_at_once(sim *s, uint32_t account, uint32_t market, const binance_leg *leg) {
  binance_state *state = binance_state_of(s);
  int32_t reason = bourse__paper_error(sim_engine(s))->reason;
  if (reason != PAPER_UNFILLED && reason != PAPER_NO_LIQUIDITY) return NULL;
  const paper_market *m = bourse__paper_market(sim_engine(s), market);
  binance_order order = leg->about;
  paper_order *ghost = calloc(1, sizeof *ghost);
  if (ghost == NULL) abort();
  order.id = state->order_count > 0 ? state->orders[state->order_count - 1].id + 1 : UINT64_C(1);
  order.account = ghost->account = account;
  order.market = ghost->market = market;
  order.ghost = ghost;
  memcpy(order.client_id, leg->client_id, sizeof order.client_id);
  memcpy(ghost->client_id, leg->client_id, sizeof order.client_id);
  ghost->id = order.id;
  ghost->reason = reason;
  ghost->side = leg->request.side;
  ghost->type = leg->request.type;
  ghost->time_in_force = leg->request.time_in_force;
  ghost->self_trade = leg->request.self_trade;
  ghost->reduce_only = leg->request.reduce_only > 0;
  ghost->position_side = leg->request.position_side;
  (void)bourse__paper_units(&ghost->price, &leg->request.price, m->price_scale);
  (void)bourse__paper_units(&ghost->amount, &leg->request.amount, m->amount_scale);
  (void)bourse__paper_to_money(&ghost->cost_asked, &leg->request.cost);
  ghost->created_ns = ghost->updated_ns = ghost->working_ns = sim_now_ns(s);
  (void)binance_order_add(s, &order);
  paper_event event = {.kind = PAPER_EVENT_ORDER, .account = order.account, .market = market, .time_ns = sim_now_ns(s)};
  ghost->status = BOURSE_ORDER_OPEN;
  event.u.order = *ghost;
  binance_event(s, &event);
  ghost->status = BOURSE_ORDER_EXPIRED;
  event.u.order = *ghost;
  binance_event(s, &event);
  return ghost;
}

static int32_t response_of(binance_call *call, const binance_leg *leg) {
  const char *text = binance_param(call, "newOrderRespType");
  if (text == NULL)
    return leg->about.type == BINANCE_TYPE_LIMIT || leg->about.type == BINANCE_TYPE_MARKET ? BINANCE_AS_FULL
                                                                                           : BINANCE_AS_ACK;
  if (strcmp(text, "ACK") == 0) return BINANCE_AS_ACK;
  if (strcmp(text, "RESULT") == 0) return BINANCE_AS_RESULT;
  if (strcmp(text, "FULL") == 0) return BINANCE_AS_FULL;
  (void)binance_fail(call, 400, -1130, "Data sent for parameter 'newOrderRespType' is not valid.");
  return -1;
}

/* NULL: failed. */
static cJSON *place(binance_call *call, uint32_t market, binance_leg *leg) {
  sim *s = call->s;
  paper_order *order = NULL;
  const paper_order *placed;
  int32_t how = response_of(call, leg);
  if (how < 0 || !binance_check_filters(call, market, leg)) return NULL;
  binance_expect(s, leg, call->account->account);
  int32_t code = sim_submit(s, &order, call->account->account, market, &leg->request);
  binance_expected(s);
  placed = code == BOURSE_OK ? order : binance_expire_at_once(s, call->account->account, market, leg);
  if (placed == NULL) {
    (void)binance_refused(call);
    return NULL;
  }
  return binance_order_json(s, placed, how);
}

static void run_place(binance_call *call) {
  binance_leg leg;
  int32_t market = binance_symbol(call);
  if (market < 0 || !binance_read_leg(call, &leg, "", "side", "quantity")) return;
  cJSON *json = place(call, (uint32_t)market, &leg);
  if (json != NULL) sim_reply_json(call->reply, json);
}

static void run_test(binance_call *call) {
  binance_leg leg;
  int32_t market = binance_symbol(call);
  const char *rates = binance_param(call, "computeCommissionRates");
  if (market < 0 || !binance_read_leg(call, &leg, "", "side", "quantity") ||
      !binance_check_filters(call, (uint32_t)market, &leg))
    return;
  leg.request.test = BOURSE_YES;
  if (sim_submit(call->s, NULL, call->account->account, (uint32_t)market, &leg.request) != BOURSE_OK) {
    (void)binance_refused(call);
    return;
  }
  cJSON *json = cJSON_CreateObject();
  if (rates != NULL && strcmp(rates, "true") == 0) {
    cJSON *standard = cJSON_AddObjectToObject(json, "standardCommissionForOrder");
    cJSON_AddStringToObject(standard, "maker", "0.00100000");
    cJSON_AddStringToObject(standard, "taker", "0.00100000");
  }
  sim_reply_json(call->reply, json);
}

/* --- Cancelling --- */

binance_order *binance_find_order(binance_call *call, const char *id_name, const char *client_name, int32_t market) {
  const binance_state *state = binance_state_of(call->s);
  const char *client_id = binance_param(call, client_name);
  int64_t id;
  if (!binance_whole(call, &id, id_name, -1)) return NULL;
  if (id < 0 && client_id == NULL) {
    (void)binance_fail(call, 400, -1102, "Param '%s' or '%s' must be sent, but both were empty/null!", client_name,
                       id_name);
    return NULL;
  }
  for (uint32_t i = state->order_count; i > 0; i--) { /* the newest of those that share a client id */
    binance_order *order = &state->orders[i - 1];
    if (order->account != call->account->account || (int32_t)order->market != market) continue;
    if (id >= 0 && order->id != (uint64_t)id) continue;
    if (client_id != NULL && strcmp(order->client_id, client_id) != 0) continue;
    return order;
  }
  return NULL;
}

void binance_cancel_id(binance_call *call, binance_order *order, const char *param) {
  if (!read_client_id(call, order->cancel_id, param)) call->failed = 1;
}

/* NULL: failed. */
static cJSON *cancel(binance_call *call, int32_t market, const char *id_name, const char *client_name,
                     const char *new_name) {
  binance_order *order = binance_find_order(call, id_name, client_name, market);
  const paper_order *paper = order == NULL ? NULL : binance_paper_order(call->s, order);
  const char *only = binance_param(call, "cancelRestrictions");
  if (call->failed) return NULL;
  if (paper == NULL || !bourse__paper_is_open(paper)) {
    (void)binance_fail(call, 400, -2011, "Unknown order sent.");
    return NULL;
  }
  if (only != NULL && (strcmp(only, "ONLY_NEW") == 0) != (paper->filled == 0)) {
    (void)binance_fail(call, 400, -2011, "Order was not canceled due to cancel restrictions.");
    return NULL;
  }
  binance_cancel_id(call, order, new_name);
  if (call->failed) return NULL;
  for (uint32_t i = 0; paper->list != NULL && i < paper->list->count; i++) {
    binance_order *other =
        paper->list->orders[i] == NULL ? NULL : binance_order_of(call->s, paper->list->orders[i]->id);
    if (other != NULL) memcpy(other->cancel_id, order->cancel_id, sizeof other->cancel_id);
  }
  (void)sim_cancel(call->s, (paper_order *)(uintptr_t)paper);
  return binance_order_json(call->s, paper, BINANCE_AS_CANCEL);
}

static void run_cancel(binance_call *call) {
  int32_t market = binance_symbol(call);
  cJSON *json = market < 0 ? NULL : cancel(call, market, "orderId", "origClientOrderId", "newClientOrderId");
  if (json != NULL) sim_reply_json(call->reply, json);
}

static void run_cancel_all(binance_call *call) {
  sim *s = call->s;
  int32_t market = binance_symbol(call);
  if (market < 0) return;
  const paper_account *account = bourse__paper_account(sim_engine(s), call->account->account);
  cJSON *list = cJSON_CreateArray();
  char id[BINANCE_ID_SIZE];
  binance_random_id(s, id);
  for (paper_order *order = account->open.first; order != NULL;) {
    if ((int32_t)order->market != market) {
      order = order->owner_next;
      continue;
    }
    paper_list *together = order->list;
    for (uint32_t i = 0; i < (together == NULL ? 1 : together->count); i++) {
      const paper_order *one = together == NULL ? order : together->orders[i];
      binance_order *about = one == NULL ? NULL : binance_order_of(s, one->id);
      if (about != NULL && bourse__paper_is_open(one)) memcpy(about->cancel_id, id, sizeof id);
    }
    (void)sim_cancel(s, order);
    cJSON_AddItemToArray(list, together != NULL ? binance_list_json(s, together, BINANCE_AS_CANCEL)
                                                : binance_order_json(s, order, BINANCE_AS_CANCEL));
    order = account->open.first; /* its list went with it */
  }
  if (cJSON_GetArraySize(list) > 0) {
    sim_reply_json(call->reply, list);
    return;
  }
  cJSON_Delete(list);
  (void)binance_fail(call, 400, -2011, "Unknown order sent.");
}

/* --- Replacing --- */

static cJSON *error_of(binance_call *call) {
  cJSON *json = binance_error(call->code, call->text);
  call->failed = 0;
  sim_reply_status(call->reply, 200);
  return json;
}

static void run_replace(binance_call *call) {
  binance_leg leg;
  int32_t market = binance_symbol(call);
  const char *mode = market < 0 ? NULL : binance_need(call, "cancelReplaceMode");
  if (mode == NULL || !binance_read_leg(call, &leg, "", "side", "quantity")) return;
  int32_t stops = strcmp(mode, "STOP_ON_FAILURE") == 0;
  if (!stops && strcmp(mode, "ALLOW_FAILURE") != 0) {
    (void)binance_fail(call, 400, -1130, "Data sent for parameter 'cancelReplaceMode' is not valid.");
    return;
  }
  cJSON *canceled = cancel(call, market, "cancelOrderId", "cancelOrigClientOrderId", "cancelNewClientOrderId");
  if (canceled == NULL && call->code == -1102) return;
  int32_t cancels = canceled != NULL, places = 0;
  cJSON *json = cJSON_CreateObject(), *placed = NULL;
  if (!cancels) canceled = error_of(call);
  if (cancels || !stops) {
    placed = place(call, (uint32_t)market, &leg);
    places = placed != NULL;
    if (!places) placed = error_of(call);
  }
  cJSON_AddStringToObject(json, "cancelResult", cancels ? "SUCCESS" : "FAILURE");
  cJSON_AddStringToObject(json, "newOrderResult", places ? "SUCCESS" : placed != NULL ? "FAILURE" : "NOT_ATTEMPTED");
  cJSON_AddItemToObject(json, "cancelResponse", canceled);
  cJSON_AddItemToObject(json, "newOrderResponse", placed != NULL ? placed : cJSON_CreateNull());
  if (cancels && places) {
    sim_reply_json(call->reply, json);
    return;
  }
  int32_t half = cancels || places;
  cJSON *error = half ? binance_error(-2021, "Order cancel-replace partially failed.")
                      : binance_error(-2022, "Order cancel-replace failed.");
  cJSON_AddItemToObject(error, "data", json);
  call->failed = 1;
  sim_reply_status(call->reply, half ? 409 : 400);
  sim_reply_json(call->reply, error);
}

/* --- Amending --- */

static void keep_amendment(sim *s, const binance_order *order, int64_t before, int64_t after, const char *old_id,
                           uint64_t execution_id) {
  binance_state *state = binance_state_of(s);
  state->amendments = realloc(state->amendments, (state->amendment_count + 1) * sizeof *state->amendments);
  if (state->amendments == NULL) abort();
  binance_amendment *row = &state->amendments[state->amendment_count++];
  memset(row, 0, sizeof *row);
  row->order_id = order->id;
  row->execution_id = execution_id;
  row->before = before;
  row->after = after;
  row->time_ns = sim_clock_ns(s);
  (void)snprintf(row->old_id, sizeof row->old_id, "%s", old_id);
  (void)snprintf(row->new_id, sizeof row->new_id, "%s", order->client_id);
}

static cJSON *amended_json(sim *s, const paper_order *paper, const binance_order *order, const char *old_id) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", bourse__paper_market(sim_engine(s), paper->market)->about->id);
  sim_json_add_integer(json, "orderId", (int64_t)paper->id);
  sim_json_add_integer(json, "orderListId", paper->list != NULL ? (int64_t)paper->list->id : -1);
  cJSON_AddStringToObject(json, "origClientOrderId", old_id);
  cJSON_AddStringToObject(json, "clientOrderId", order->client_id);
  cJSON_AddStringToObject(json, "price", binance_price(s, paper->market, paper->price));
  cJSON_AddStringToObject(json, "qty", binance_amount(s, paper->market, paper->amount));
  cJSON_AddStringToObject(json, "executedQty", binance_amount(s, paper->market, paper->filled));
  cJSON_AddStringToObject(json, "preventedQty", binance_amount(s, paper->market, paper->prevented));
  sim_json_add_money(json, "quoteOrderQty", paper->cost_asked, BINANCE_PLACES);
  sim_json_add_money(json, "cumulativeQuoteQty", paper->cost_filled, BINANCE_PLACES);
  cJSON_AddStringToObject(json, "status", binance_status_text(paper));
  cJSON_AddStringToObject(json, "timeInForce", binance_tif_text(paper->time_in_force));
  cJSON_AddStringToObject(json, "type", binance_types[order->type]);
  cJSON_AddStringToObject(json, "side", paper->side == BOURSE_SIDE_BUY ? "BUY" : "SELL");
  sim_json_add_integer(json, "workingTime", paper->working_ns / BINANCE_MS);
  cJSON_AddStringToObject(json, "selfTradePreventionMode", binance_self_trade_text(paper->self_trade));
  return json;
}

static void run_amend(binance_call *call) {
  sim *s = call->s;
  bourse_order_request changes;
  char old_id[BINANCE_ID_SIZE], new_id[BINANCE_ID_SIZE];
  int64_t amount;
  int32_t market = binance_symbol(call);
  memset(&changes, 0, sizeof changes);
  changes.struct_size = sizeof changes;
  changes.api_version = BOURSE_API_VERSION;
  if (market < 0 || binance_need(call, "newQty") == NULL || !binance_decimal(call, &changes.amount, "newQty") ||
      !read_client_id(call, new_id, "newClientOrderId"))
    return;
  binance_order *order = binance_find_order(call, "orderId", "origClientOrderId", market);
  const paper_order *paper = order == NULL ? NULL : binance_paper_order(s, order);
  const paper_market *m = bourse__paper_market(sim_engine(s), (uint32_t)market);
  if (call->failed) return;
  if (paper == NULL || !bourse__paper_is_open(paper)) {
    (void)binance_fail(call, 400, -2013, "Order does not exist.");
    return;
  }
  if (!bourse__paper_units(&amount, &changes.amount, m->amount_scale) || amount % m->step != 0 ||
      amount < m->amount_min) {
    (void)refuse_filter(call, "LOT_SIZE");
    return;
  }
  if (amount >= paper->amount || amount <= paper->filled) {
    (void)binance_fail(call, 400, -2038, "%s",
                       amount == paper->amount  ? "The requested action would change no state; rejecting."
                       : amount > paper->amount ? "Order amend (quantity increase) is not supported."
                                                : "The new quantity is not above what is executed already.");
    return;
  }
  memcpy(old_id, order->client_id, sizeof old_id);
  memcpy(order->client_id, new_id, sizeof new_id);
  int64_t before = paper->amount;
  if (sim_edit(s, (paper_order *)(uintptr_t)paper, &changes) != BOURSE_OK) {
    memcpy(order->client_id, old_id, sizeof old_id);
    (void)binance_fail(call, 400, -2038, "%s", bourse__paper_error(sim_engine(s))->text);
    return;
  }
  uint64_t execution_id = sim_next_number(s);
  keep_amendment(s, order, before, amount, old_id, execution_id);
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "transactTime", sim_clock_ns(s) / BINANCE_MS);
  sim_json_add_integer(json, "executionId", (int64_t)execution_id);
  cJSON_AddItemToObject(json, "amendedOrder", amended_json(s, paper, order, old_id));
  sim_reply_json(call->reply, json);
}

#define ORDER_PARAMS                                                                                              \
  "symbol side type timeInForce quantity quoteOrderQty price newClientOrderId strategyId strategyType stopPrice " \
  "trailingDelta icebergQty newOrderRespType selfTradePreventionMode"

#define TRADE(method_, path_, message_, weight_, orders_, run_, params_) \
  { method_, "/api/v3/" path_, message_, BINANCE_TRADE, BINANCE_API, weight_, orders_, run_, params_, NULL }

const binance_row binance_spot_rows[] = {
    TRADE("POST", "order", "order.place", 1, 1, run_place, ORDER_PARAMS),
    TRADE("POST", "order/test", "order.test", 1, 0, run_test, ORDER_PARAMS " computeCommissionRates"),
    TRADE("POST", "sor/order", "sor.order.place", 1, 1, run_place, ORDER_PARAMS),
    TRADE("DELETE", "order", "order.cancel", 1, 0, run_cancel,
          "symbol orderId origClientOrderId newClientOrderId cancelRestrictions"),
    TRADE("DELETE", "openOrders", "openOrders.cancelAll", 1, 0, run_cancel_all, "symbol"),
    TRADE("POST", "order/cancelReplace", "order.cancelReplace", 1, 1, run_replace,
          ORDER_PARAMS " cancelReplaceMode cancelNewClientOrderId cancelOrigClientOrderId cancelOrderId "
                       "cancelRestrictions orderRateLimitExceededMode"),
    TRADE("PUT", "order/amend/keepPriority", "order.amend.keepPriority", 4, 0, run_amend,
          "symbol orderId origClientOrderId newClientOrderId newQty"),
    {0},
};
