/* sim/bybit_orders.c - placing, changing and ending orders; stops of positions; the dead man's switch. Follows "Trade" and
 * "Set Trading Stop" of the exchange's V5 documents. */
#include "bybit.h"

#define ACTIVE_MAX      500
#define CONDITIONAL_MAX 10 /* of a contract; spot: 30 */

static const char *const forces[] = {"", "GTC", "IOC", "FOK", "PostOnly"};
static const char *const triggers[] = {"", "LastPrice", "MarkPrice", "IndexPrice"};
static const char *const self_trades[] = {"None", "CancelMaker", "CancelTaker", "CancelBoth"};

static int32_t word_of(const char *const *words, int32_t count, const char *text, int32_t otherwise) {
  if (text == NULL) return otherwise;
  for (int32_t i = 0; i < count; i++)
    if (words[i][0] != '\0' && strcmp(words[i], text) == 0) return i;
  return -1;
}

/* --- Finding --- */

bybit_order *bybit_find(bybit_call *call, int32_t market) {
  bybit_state *state = bybit_of(call->s);
  const char *id = bybit_param(call, "orderId"), *client_id = bybit_param(call, "orderLinkId");
  sim_order *order = NULL;
  if (id != NULL) {
    order = sim_order_by_id(&state->orders, bybit_id_number(id));
  } else if (client_id != NULL) {
    for (uint32_t i = state->orders.count; order == NULL && i-- > 0;) {
      sim_order *one = state->orders.items[i];
      if (one->account == call->account->account && strcmp(one->client_id, client_id) == 0 &&
          (market < 0 || one->market == (uint32_t)market))
        order = one;
    }
  } else {
    (void)bybit_fail(call, 10001, "params error: orderId or orderLinkId is required");
    return NULL;
  }
  if (order == NULL || order->account != call->account->account || (market >= 0 && order->market != (uint32_t)market) ||
      (call->category == BYBIT_SPOT) != bybit_is_spot(order->market))
    return NULL;
  return (bybit_order *)order;
}

static int32_t not_found(bybit_call *call, const paper_order *closed) {
  if (call->category != BYBIT_SPOT) return bybit_fail(call, 110001, "order not exists or too late to cancel");
  if (closed == NULL) return bybit_fail(call, 170213, "Order does not exist.");
  return closed->status == BOURSE_ORDER_FILLED ? bybit_fail(call, 170139, "Order has been filled.")
                                               : bybit_fail(call, 170142, "Order has been canceled.");
}

/* --- Reading an order --- */

static int32_t read_client_id(bybit_call *call, bybit_order *order) {
  const char *text = bybit_param(call, "orderLinkId");
  if (text == NULL) return 1;
  if (strlen(text) > 36 || strspn(text, BYBIT_CHAR_ID) != strlen(text))
    return bybit_fail(call, 10001, "OrderLinkId is invalid");
  if (sim_order_by_client(call->s, &bybit_of(call->s)->orders, order->o.account, text) != NULL)
    return call->category == BYBIT_SPOT ? bybit_fail(call, 170141, "Duplicate clientOrderId.")
                                        : bybit_fail(call, 110072, "OrderLinkedID is duplicate");
  (void)snprintf(order->o.client_id, sizeof order->o.client_id, "%s", text);
  return 1;
}

static int32_t read_force(bybit_call *call, bybit_order *order, bourse_order_request *request) {
  order->force = word_of(forces, 5, bybit_param(call, "timeInForce"), 1);
  if (order->force < 0)
    return call->category == BYBIT_SPOT ? bybit_fail(call, 170115, "Invalid timeInForce.")
                                        : bybit_fail(call, 10001, "params error: timeInForce invalid");
  if (request->type == BOURSE_ORDER_MARKET) order->force = 2; /* whatever was sent */
  if (request->type == BOURSE_ORDER_LIMIT) request->time_in_force = order->force == 4 ? 1 : order->force;
  if (request->type == BOURSE_ORDER_LIMIT && order->force == 4) request->post_only = BOURSE_YES;
  return 1;
}

/* Spot market orders: a buy is by quote, a sell by base, unless it says which. */
static int32_t read_amount(bybit_call *call, bybit_order *order, bourse_order_request *request) {
  const char *unit = bybit_param(call, "marketUnit");
  bourse_decimal amount;
  if (bybit_need(call, "qty") == NULL || !bybit_decimal(call, &amount, "qty")) return 0;
  if (request->type == BOURSE_ORDER_MARKET && bybit_is_spot(order->o.market)) {
    order->in_quote = unit == NULL ? request->side == BOURSE_SIDE_BUY : strcmp(unit, "quoteCoin") == 0;
    if (unit != NULL && !order->in_quote && strcmp(unit, "baseCoin") != 0)
      return bybit_fail(call, 10001, "params error: marketUnit invalid");
  }
  *(order->in_quote ? &request->cost : &request->amount) = amount;
  return 1;
}

/* In hedge mode each order says which position it is about, in one-way mode none does. */
static int32_t read_position(bybit_call *call, bybit_order *order, bourse_order_request *request) {
  int64_t index;
  int32_t hedged = bourse__paper_account(sim_engine(call->s), order->o.account)->hedged;
  if (!bybit_whole(call, &index, "positionIdx", 0)) return 0;
  if (bybit_is_spot(order->o.market)) return 1;
  if (index > 2 || hedged != (index != 0)) return bybit_fail(call, 10001, "position idx not match position mode");
  order->index = (int32_t)index;
  if (index != 0) request->position_side = index == 1 ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
  order->close_on_trigger = bybit_true(call, "closeOnTrigger");
  if (bybit_true(call, "reduceOnly") || order->close_on_trigger) request->reduce_only = BOURSE_YES;
  return 1;
}

static int32_t read_attached(bybit_call *call, bybit_attached *out, const char *name, const char *limit,
                             const char *by) {
  if (!bybit_decimal(call, &out->price, name) || !bybit_decimal(call, &out->limit, limit)) return 0;
  out->by = word_of(triggers, 4, bybit_param(call, by), BOURSE_PRICE_LAST);
  if (out->by < 0) return bybit_fail(call, 10001, "params error: %s invalid", by);
  if (bourse_decimal_sign(&out->price) == 0) memset(&out->price, 0, sizeof out->price);
  return 1;
}

static int32_t reference(sim *s, uint32_t market, int32_t by, int64_t *price) {
  const paper_market *m = bybit_market(s, market);
  *price = by == BOURSE_PRICE_LAST ? m->last : by == BOURSE_PRICE_INDEX ? m->index_price : bybit_mark(s, market);
  if (*price == 0) *price = m->last;
  return *price != 0;
}

/* Futures say in which direction; on spot it follows from where the price is. */
static int32_t read_trigger(bybit_call *call, bybit_order *order, const bourse_order_request *request) {
  const char *filter = bybit_param(call, "orderFilter");
  const paper_market *market = bybit_market(call->s, order->o.market);
  sim_trigger *trigger = &order->o.triggers[0];
  bourse_decimal price;
  int64_t now, direction;
  if (!bybit_decimal(call, &price, "triggerPrice") || !bybit_whole(call, &direction, "triggerDirection", 0)) return 0;
  if (!bourse_decimal_is_present(&price) || bourse_decimal_sign(&price) == 0)
    return filter == NULL || strcmp(filter, "Order") == 0
               ? 1
               : bybit_fail(call, 10001, "params error: triggerPrice invalid");
  if (!bourse__paper_units(&trigger->price, &price, market->price_scale) || trigger->price % market->tick != 0)
    return call->category == BYBIT_SPOT ? bybit_fail(call, 170134, "Order price has too many decimals.")
                                        : bybit_fail(call, 10001, "params error: triggerPrice invalid");
  order->trigger_by = word_of(triggers, 4, bybit_param(call, "triggerBy"), BOURSE_PRICE_LAST);
  if (order->trigger_by < 0) return bybit_fail(call, 10001, "params error: triggerBy invalid");
  (void)reference(call->s, order->o.market, order->trigger_by, &now);
  trigger->by = order->trigger_by;
  trigger->limit = request->price;
  if (bybit_is_spot(order->o.market)) {
    order->kind = filter != NULL && strcmp(filter, "tpslOrder") == 0 ? BYBIT_TPSL : BYBIT_STOP;
    if (filter == NULL || strcmp(filter, "Order") == 0) order->kind = BYBIT_TPSL;
    trigger->rises = trigger->price > now;
    return 1;
  }
  order->kind = BYBIT_STOP;
  if (direction != 1 && direction != 2) return bybit_fail(call, 10001, "TriggerDirection invalid");
  order->direction = (int32_t)direction;
  trigger->rises = direction == 1;
  if (trigger->rises && trigger->price <= now)
    return bybit_fail(call, 110092, "expect Rising, but trigger_price[%lld] <= current[%lld]??LastPrice",
                      (long long)trigger->price, (long long)now);
  if (!trigger->rises && trigger->price >= now)
    return bybit_fail(call, 110093, "expect Falling, but trigger_price[%lld] >= current[%lld]??LastPrice",
                      (long long)trigger->price, (long long)now);
  return 1;
}

static int32_t read_order(bybit_call *call, bybit_order *order, bourse_order_request *request) {
  const char *side = bybit_need(call, "side"), *type = side == NULL ? NULL : bybit_need(call, "orderType"),
             *mode = bybit_param(call, "tpslMode");
  int32_t spot = call->category == BYBIT_SPOT;
  int64_t leveraged;
  if (type == NULL) return 0;
  request->side = strcmp(side, "Buy") == 0 ? BOURSE_SIDE_BUY : strcmp(side, "Sell") == 0 ? BOURSE_SIDE_SELL : 0;
  if (request->side == 0)
    return spot ? bybit_fail(call, 170117, "Invalid side.") : bybit_fail(call, 10001, "Side invalid");
  request->type = strcmp(type, "Limit") == 0    ? BOURSE_ORDER_LIMIT
                  : strcmp(type, "Market") == 0 ? BOURSE_ORDER_MARKET
                                                : 0;
  if (request->type == 0)
    return spot ? bybit_fail(call, 170116, "Invalid orderType.") : bybit_fail(call, 10001, "OrderType invalid");
  if (request->type == BOURSE_ORDER_LIMIT && bybit_need(call, "price") == NULL) return 0;
  if (request->type == BOURSE_ORDER_LIMIT && !bybit_decimal(call, &request->price, "price")) return 0;
  if (!read_client_id(call, order) || !read_force(call, order, request) || !read_amount(call, order, request) ||
      !read_position(call, order, request) || !read_trigger(call, order, request) ||
      !read_attached(call, &order->profit, "takeProfit", "tpLimitPrice", "tpTriggerBy") ||
      !read_attached(call, &order->loss, "stopLoss", "slLimitPrice", "slTriggerBy") ||
      !bybit_whole(call, &leveraged, "isLeverage", 0))
    return 0;
  order->self_trade = word_of(self_trades, 4, bybit_param(call, "smpType"), 0);
  if (order->self_trade < 0) return bybit_fail(call, 10001, "params error: smpType invalid");
  request->self_trade = order->self_trade == 1   ? BOURSE_SELF_TRADE_CANCEL_MAKER
                        : order->self_trade == 2 ? BOURSE_SELF_TRADE_CANCEL_TAKER
                        : order->self_trade == 3 ? BOURSE_SELF_TRADE_CANCEL_BOTH
                                                 : BOURSE_SELF_TRADE_ALLOW;
  if (spot && leveraged != 0) return bybit_fail(call, 170036, "The spot margin trading is not activated.");
  order->partial = mode != NULL && strcmp(mode, "Partial") == 0;
  order->last = bybit_market(call->s, order->o.market)->last;
  return 1;
}

/* --- Rules --- */

static int32_t check_price(bybit_call *call, const paper_market *market, const bourse_order_request *request) {
  int32_t spot = !market->linear;
  int64_t price, now = spot ? market->last : bybit_mark(call->s, market->index), band = spot ? now / 20 : now / 10;
  if (!bourse_decimal_is_present(&request->price)) return 1;
  if (!bourse__paper_units(&price, &request->price, market->price_scale) || price % market->tick != 0)
    return spot ? bybit_fail(call, 170134, "Order price has too many decimals.")
                : bybit_fail(call, 10001, "Price invalid");
  if (price <= 0) return bybit_fail(call, spot ? 170133 : 110003, "Order price is out of permissible range");
  if (now != 0 && request->side == BOURSE_SIDE_BUY && price > now + band)
    return spot ? bybit_fail(call, 170193, "Buy order price cannot be higher than %s.",
                             bybit_price(call->s, market->index, now + band))
                : bybit_fail(call, 110003, "Order price is out of permissible range");
  if (now != 0 && request->side == BOURSE_SIDE_SELL && price < now - band)
    return spot ? bybit_fail(call, 170194, "Sell order price cannot be lower than %s.",
                             bybit_price(call->s, market->index, now - band))
                : bybit_fail(call, 110003, "Order price is out of permissible range");
  return 1;
}

static int32_t check_amount(bybit_call *call, const paper_market *market, const bourse_order_request *request) {
  int32_t spot = !market->linear;
  int64_t amount, price = market->last;
  paper_money cost;
  if (bourse_decimal_is_present(&request->cost)) {
    if (!bourse__paper_to_money(&cost, &request->cost))
      return bybit_fail(call, 170137, "Order volume decimal too long");
    return cost >= market->cost_min ? 1 : bybit_fail(call, 170140, "Order value exceeded lower limit.");
  }
  if (!bourse__paper_units(&amount, &request->amount, market->amount_scale) || amount % market->step != 0)
    return spot ? bybit_fail(call, 170137, "Order volume decimal too long") : bybit_fail(call, 10001, "Qty invalid");
  if (amount > market->amount_max)
    return spot ? bybit_fail(call, 170136, "Order quantity exceeded upper limit.")
                : bybit_fail(call, 10001, "The number of contracts exceeds maximum limit allowed");
  if (amount < market->amount_min && !spot)
    return bybit_fail(call, 10001, "The number of contracts is below the least");
  if (amount <= 0) return bybit_fail(call, 170124, "Order amount too small.");
  if (bourse_decimal_is_present(&request->price))
    (void)bourse__paper_units(&price, &request->price, market->price_scale);
  if (request->reduce_only > 0 || (paper_money)price * amount * market->unit_cost >= market->cost_min) return 1;
  return spot ? bybit_fail(call, 170140, "Order value exceeded lower limit.")
              : bybit_fail(call, 110094, "Order does not meet minimum order value %sUSDT",
                           sim_money_text(market->cost_min, 0));
}

static int32_t check_count(bybit_call *call, const bybit_order *order) {
  const sim_orders *orders = &bybit_of(call->s)->orders;
  int32_t active = 0, waiting = 0, spot = bybit_is_spot(order->o.market);
  for (uint32_t i = 0; i < orders->count; i++) {
    const bybit_order *other = (const bybit_order *)orders->items[i];
    if (other == order || other->o.account != order->o.account ||
        (spot ? !bybit_is_spot(other->o.market) : other->o.market != order->o.market) ||
        !sim_order_is_open(call->s, &other->o))
      continue;
    active++;
    waiting += other->o.state == SIM_ORDER_WAITS && other->o.market == order->o.market && other->kind <= BYBIT_TPSL;
  }
  if (active >= ACTIVE_MAX || (order->kind != BYBIT_PLAIN && waiting >= (spot ? 30 : CONDITIONAL_MAX)))
    return spot ? bybit_fail(call, 170810, "Cannot exceed maximum number of active orders.")
                : bybit_fail(call, 110020, "Not allowed to have more than %d active orders.",
                             active >= ACTIVE_MAX ? ACTIVE_MAX : CONDITIONAL_MAX);
  return 1;
}

/* The engine's refusal in the exchange's words. */
static int32_t refused(bybit_call *call, int32_t reason) {
  int32_t spot = call->category == BYBIT_SPOT;
  switch (reason) {
    case PAPER_NO_FUNDS:
      return spot ? bybit_fail(call, 170131, "Insufficient balance.")
                  : bybit_fail(call, 110007, "ab not enough for new order");
    case PAPER_REDUCE_ONLY:
      return bybit_fail(call, 110017, "current position is zero, cannot fix reduce-only order qty");
    case PAPER_POSITION_MODE: return bybit_fail(call, 10001, "position idx not match position mode");
    case PAPER_DUPLICATE:
      return spot ? bybit_fail(call, 170141, "Duplicate clientOrderId.")
                  : bybit_fail(call, 110072, "OrderLinkedID is duplicate");
    case PAPER_COST_MIN:
      return spot ? bybit_fail(call, 170140, "Order value exceeded lower limit.")
                  : bybit_fail(call, 110094, "Order does not meet minimum order value 5USDT");
    default: return bybit_fail(call, 10001, "%s", bourse__paper_error(sim_engine(call->s))->text);
  }
}

/* --- Placing --- */

static const char *late_reason(int32_t reason) {
  switch (reason) {
    case PAPER_WOULD_TAKE: return "EC_PostOnlyWillTakeLiquidity";
    case PAPER_UNFILLED: return "EC_NoEnoughQtyToFill";
    case PAPER_NO_LIQUIDITY: return "EC_NoImmediateQtyToFill";
    case PAPER_SELF_TRADE: return "EC_CancelForNoFullFill";
    default: return NULL;
  }
}

/* Taken first, and refused or ended afterwards: the call succeeds. */
static int32_t end_late(sim *s, bybit_order *order, int32_t reason) {
  const char *why = late_reason(reason);
  if (why == NULL) return 0;
  int32_t rejects = reason == PAPER_WOULD_TAKE && bybit_is_spot(order->o.market);
  order->reject_reason = why;
  sim_order_end(s, &bybit_of(s)->orders, &order->o, rejects ? BOURSE_ORDER_REJECTED : BOURSE_ORDER_CANCELED, reason);
  return 1;
}

static void tell_ids(bybit_call *call, const bybit_order *order) {
  char id[BYBIT_ID_SIZE];
  if (call->result == NULL) call->result = cJSON_CreateObject();
  cJSON_AddStringToObject(call->result, "orderId", bybit_order_id(id, order));
  cJSON_AddStringToObject(call->result, "orderLinkId", order->o.client_id);
}

static void run_create(bybit_call *call) {
  sim *s = call->s;
  bybit_state *state = bybit_of(s);
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  int32_t market = bybit_symbol(call);
  if (market < 0) return;
  bybit_order *order = (bybit_order *)sim_order_new(s, &state->orders, call->account->account, (uint32_t)market);
  const paper_market *m = bybit_market(s, (uint32_t)market);
  if (!read_order(call, order, &request) || !check_price(call, m, &request) || !check_amount(call, m, &request) ||
      !check_count(call, order)) {
    sim_order_drop(&state->orders, &order->o);
    return;
  }
  if (order->kind != BYBIT_PLAIN) {
    sim_order_wait(s, &state->orders, &order->o, &request);
    tell_ids(call, order);
    return;
  }
  int32_t reason = sim_order_place(s, &state->orders, &order->o, &request);
  if (reason != PAPER_NO_REASON && !end_late(s, order, reason)) {
    (void)refused(call, reason);
    sim_order_drop(&state->orders, &order->o);
    return;
  }
  tell_ids(call, order);
}

/* --- What a fill brings along --- */

static bybit_order *make_stop(sim *s, uint32_t account, uint32_t market, int32_t kind, const bybit_attached *what,
                              bourse_order_request *request, int32_t rises) {
  bybit_state *state = bybit_of(s);
  bybit_order *order = (bybit_order *)sim_order_new(s, &state->orders, account, market);
  order->kind = kind;
  order->force = bourse_decimal_is_present(&what->limit) ? 1 : 2;
  order->trigger_by = what->by == 0 ? BOURSE_PRICE_LAST : what->by;
  order->direction = rises ? 1 : 2;
  order->last = bybit_market(s, market)->last;
  order->o.triggers[0] = (sim_trigger){0, rises, order->trigger_by, what->limit};
  (void)bourse__paper_units(&order->o.triggers[0].price, &what->price, bybit_market(s, market)->price_scale);
  request->type = bourse_decimal_is_present(&what->limit) ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  request->price = what->limit;
  request->time_in_force = request->type == BOURSE_ORDER_LIMIT ? BOURSE_GOOD_TILL_CANCELED : 0;
  return order;
}

/* A position's slot, and the side that closes it. */
static int32_t slot_of(sim *s, uint32_t account, uint32_t market) {
  const paper_holding *holding = &bourse__paper_account(sim_engine(s), account)->holdings[market];
  return holding->slots[PAPER_SHORT].size != 0 && holding->slots[PAPER_LONG].size == 0 ? PAPER_SHORT : PAPER_LONG;
}

static bybit_order *position_stop(sim *s, uint32_t account, uint32_t market, int32_t slot, int32_t kind) {
  const sim_orders *orders = &bybit_of(s)->orders;
  int32_t side = slot == PAPER_LONG ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  for (uint32_t i = orders->count; i-- > 0;) {
    bybit_order *order = (bybit_order *)orders->items[i];
    if (order->o.account == account && order->o.market == market && order->kind == kind && order->o.closes &&
        order->o.state == SIM_ORDER_WAITS && order->o.request.side == side)
      return order;
  }
  return NULL;
}

static void stop_position(sim *s, uint32_t account, uint32_t market, int32_t slot, int32_t kind,
                          const bybit_attached *what, const bourse_decimal *amount, const bourse_decimal *trail) {
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  int32_t hedged = bourse__paper_account(sim_engine(s), account)->hedged, sells = slot == PAPER_LONG;
  request.side = sells ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  request.reduce_only = BOURSE_YES;
  if (hedged) request.position_side = sells ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
  request.self_trade = BOURSE_SELF_TRADE_ALLOW;
  bybit_order *order = make_stop(s, account, market, kind, what, &request, sells == (kind == BYBIT_TAKE_PROFIT));
  order->close_on_trigger = 1;
  order->index = hedged ? slot + 1 : 0;
  order->o.closes = amount == NULL;
  if (amount != NULL) request.amount = *amount;
  order->partial = amount != NULL;
  if (trail != NULL) {
    const paper_market *m = bybit_market(s, market);
    order->o.trail = (sim_trail){0, 0, order->o.triggers[0].price, 0, BOURSE_PRICE_LAST, 0};
    order->o.triggers[0].price = 0;
    (void)bourse__paper_units(&order->o.trail.distance, trail, m->price_scale);
    (void)sim_order_would_fire(&order->o, BOURSE_PRICE_LAST, m->last);
  }
  sim_order_wait(s, &bybit_of(s)->orders, &order->o, &request);
}

static void attach_spot(sim *s, bybit_order *parent) {
  const bybit_attached *both[] = {&parent->profit, &parent->loss};
  uint64_t group = parent->o.id;
  int32_t sells = parent->o.request.side == BOURSE_SIDE_BUY;
  for (int32_t i = 0; i < 2; i++) {
    bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
    if (!bourse_decimal_is_present(&both[i]->price)) continue;
    request.side = sells ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
    request.amount = bourse__paper_decimal(parent->o.own.filled, bybit_market(s, parent->o.market)->amount_scale);
    request.self_trade = BOURSE_SELF_TRADE_ALLOW;
    bybit_order *order =
        make_stop(s, parent->o.account, parent->o.market, BYBIT_TPSL, both[i], &request, sells == (i == 0));
    order->o.group = group;
    sim_order_wait(s, &bybit_of(s)->orders, &order->o, &request);
  }
}

void bybit_attach(sim *s, bybit_order *parent) {
  int32_t any = bourse_decimal_is_present(&parent->profit.price) || bourse_decimal_is_present(&parent->loss.price);
  if (!any || parent->attached) return;
  if (bybit_is_spot(parent->o.market) && bourse__paper_is_open(&parent->o.own)) return; /* when it is all filled */
  parent->attached = 1;
  if (bybit_is_spot(parent->o.market)) {
    attach_spot(s, parent);
    return;
  }
  int32_t slot = parent->o.request.side == BOURSE_SIDE_BUY ? PAPER_LONG : PAPER_SHORT;
  const bybit_attached *both[] = {&parent->profit, &parent->loss};
  for (int32_t i = 0; i < 2; i++) {
    int32_t kind = i == 0 ? BYBIT_TAKE_PROFIT : BYBIT_STOP_LOSS;
    bybit_order *old = position_stop(s, parent->o.account, parent->o.market, slot, kind);
    if (!bourse_decimal_is_present(&both[i]->price)) continue;
    if (old != NULL && !parent->partial)
      sim_order_end(s, &bybit_of(s)->orders, &old->o, BOURSE_ORDER_CANCELED, PAPER_LIST);
    stop_position(s, parent->o.account, parent->o.market, slot, kind, both[i],
                  parent->partial ? &parent->o.request.amount : NULL, NULL);
  }
}

void bybit_clear_position(sim *s, uint32_t account, uint32_t market, int32_t slot) {
  sim_orders *orders = &bybit_of(s)->orders;
  int32_t side = slot == PAPER_LONG ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  for (uint32_t i = 0; i < orders->count; i++) {
    bybit_order *order = (bybit_order *)orders->items[i];
    if (order->o.account != account || order->o.market != market || order->kind < BYBIT_TAKE_PROFIT ||
        order->o.state != SIM_ORDER_WAITS || order->o.due || order->o.request.side != side)
      continue;
    order->cancel_type = "CancelByTpSlTsClear";
    sim_order_end(s, orders, &order->o, BOURSE_ORDER_CANCELED, PAPER_LIST);
  }
}

static int32_t run_stop_of(bybit_call *call, uint32_t market, int32_t slot, const char *name, const char *limit,
                           const char *by, const char *size, int32_t kind, int32_t *changed) {
  sim *s = call->s;
  uint32_t account = call->account->account;
  bybit_attached what;
  bourse_decimal amount, trail;
  memset(&what, 0, sizeof what);
  if (bybit_param(call, name) == NULL) return 1;
  if (!bybit_decimal(call, &trail, name) || !bybit_decimal(call, &amount, size)) return 0;
  if (kind == BYBIT_TRAILING && !bybit_decimal(call, &what.price, "activePrice")) return 0;
  if (kind != BYBIT_TRAILING && !read_attached(call, &what, name, limit, by)) return 0;
  int32_t partial = bourse_decimal_is_present(&amount);
  bybit_order *old = partial ? NULL : position_stop(s, account, market, slot, kind);
  if (old != NULL) {
    *changed = 1;
    old->cancel_type = "CancelByUser";
    sim_order_end(s, &bybit_of(s)->orders, &old->o, BOURSE_ORDER_CANCELED, PAPER_CANCELED);
  }
  if (bourse_decimal_sign(&trail) == 0) return 1;
  int64_t now, price;
  (void)reference(s, market, what.by == 0 ? BOURSE_PRICE_LAST : what.by, &now);
  (void)bourse__paper_units(&price, &what.price, bybit_market(s, market)->price_scale);
  if (kind != BYBIT_TRAILING && (slot == PAPER_LONG) == (kind == BYBIT_TAKE_PROFIT)
          ? price <= now && price != 0
          : price >= now && kind != BYBIT_TRAILING)
    return bybit_fail(call, 10001, "%s:%lld set for %s position should be %s than base_price:%lld??LastPrice",
                      kind == BYBIT_TAKE_PROFIT ? "TakeProfit" : "StopLoss", (long long)price,
                      slot == PAPER_LONG ? "Buy" : "Sell",
                      (slot == PAPER_LONG) == (kind == BYBIT_TAKE_PROFIT) ? "higher" : "lower", (long long)now);
  stop_position(s, account, market, slot, kind, &what, partial ? &amount : NULL,
                kind == BYBIT_TRAILING ? &trail : NULL);
  *changed = 1;
  return 1;
}

static void run_trading_stop(bybit_call *call) {
  sim *s = call->s;
  int64_t index;
  int32_t market = bybit_symbol(call), changed = 0;
  if (market < 0 || !bybit_whole(call, &index, "positionIdx", 0)) return;
  int32_t slot = index == 0 ? slot_of(s, call->account->account, (uint32_t)market) : (int32_t)index - 1;
  if (bybit_is_spot((uint32_t)market) || index > 2) {
    (void)bybit_fail(call, 10001, "params error: category or positionIdx invalid");
    return;
  }
  if (bourse__paper_account(sim_engine(s), call->account->account)->holdings[market].slots[slot].size == 0) {
    (void)bybit_fail(call, 10001, "can not set tp/sl/ts for zero position");
    return;
  }
  if (!run_stop_of(call, (uint32_t)market, slot, "takeProfit", "tpLimitPrice", "tpTriggerBy", "tpSize",
                   BYBIT_TAKE_PROFIT, &changed) ||
      !run_stop_of(call, (uint32_t)market, slot, "stopLoss", "slLimitPrice", "slTriggerBy", "slSize", BYBIT_STOP_LOSS,
                   &changed) ||
      !run_stop_of(call, (uint32_t)market, slot, "trailingStop", "", "", "", BYBIT_TRAILING, &changed))
    return;
  if (!changed) (void)bybit_fail(call, 34040, "not modified");
}

/* --- Changing --- */

static int32_t read_changes(bybit_call *call, bourse_order_request *changes, const paper_order *paper) {
  const paper_market *m = bybit_market(call->s, paper->market);
  bourse_order_request whole;
  int64_t amount;
  if (!bybit_decimal(call, &changes->amount, "qty") || !bybit_decimal(call, &changes->price, "price")) return 0;
  whole = *changes;
  whole.side = paper->side;
  whole.reduce_only = paper->reduce_only ? BOURSE_YES : BOURSE_UNSET;
  if (!bourse_decimal_is_present(&whole.amount)) whole.amount = bourse__paper_decimal(paper->amount, m->amount_scale);
  if (!check_price(call, m, &whole) || !check_amount(call, m, &whole)) return 0;
  if (!bourse_decimal_is_present(&changes->amount)) return 1;
  (void)bourse__paper_units(&amount, &changes->amount, m->amount_scale);
  return amount > paper->filled ? 1 : bybit_fail(call, 110064, "The number of contracts is below the filled quantity");
}

/* One that waits: its terms and its trigger. */
static int32_t amend_waiting(bybit_call *call, bybit_order *order, const bourse_order_request *changes) {
  sim *s = call->s;
  const paper_market *m = bybit_market(s, order->o.market);
  bourse_order_request request = order->o.request;
  sim_trigger *trigger = &order->o.triggers[0];
  bourse_decimal price;
  int64_t now;
  if (!bybit_decimal(call, &price, "triggerPrice")) return 0;
  if (bourse_decimal_is_present(&price)) {
    if (!bourse__paper_units(&trigger->price, &price, m->price_scale)) return bybit_fail(call, 10001, "Price invalid");
    (void)reference(s, order->o.market, trigger->by, &now);
    trigger->rises = trigger->price > now;
    if (order->direction != 0) order->direction = trigger->rises ? 1 : 2;
  }
  if (bourse_decimal_is_present(&changes->amount)) request.amount = changes->amount;
  if (bourse_decimal_is_present(&changes->price)) request.price = trigger->limit = changes->price;
  sim_order_wait(s, &bybit_of(s)->orders, &order->o, &request);
  return 1;
}

static void run_amend(bybit_call *call) {
  sim *s = call->s;
  bourse_order_request changes = BOURSE_ORDER_REQUEST_INIT;
  int32_t market = bybit_symbol(call);
  bybit_order *order = market < 0 ? NULL : bybit_find(call, market);
  if (call->failed) return;
  const paper_order *paper = order == NULL ? NULL : sim_order_paper(s, &order->o);
  if (paper == NULL || !bourse__paper_is_open(paper)) {
    (void)not_found(call, paper);
    return;
  }
  bybit_attached profit = order->profit, loss = order->loss;
  if (!read_changes(call, &changes, paper)) return;
  if (bybit_param(call, "takeProfit") != NULL &&
      !read_attached(call, &profit, "takeProfit", "tpLimitPrice", "tpTriggerBy"))
    return;
  if (bybit_param(call, "stopLoss") != NULL && !read_attached(call, &loss, "stopLoss", "slLimitPrice", "slTriggerBy"))
    return;
  int32_t attached =
      memcmp(&profit, &order->profit, sizeof profit) != 0 || memcmp(&loss, &order->loss, sizeof loss) != 0;
  order->profit = profit;
  order->loss = loss;
  if (order->o.state == SIM_ORDER_WAITS) {
    if (amend_waiting(call, order, &changes)) tell_ids(call, order);
    return;
  }
  int32_t plain = bourse_decimal_is_present(&changes.amount) || bourse_decimal_is_present(&changes.price);
  if (plain && sim_edit(s, (paper_order *)(uintptr_t)paper, &changes) != BOURSE_OK) {
    int32_t reason = bourse__paper_error(sim_engine(s))->reason;
    if (reason == PAPER_NO_CHANGE && !attached)
      (void)bybit_fail(call, 10001, "order remains unchanged as the parameters entered match the existing ones");
    else if (reason == PAPER_WOULD_TAKE)
      (void)sim_order_cancel(s, &bybit_of(s)->orders, &order->o);
    else if (reason != PAPER_NO_CHANGE)
      (void)refused(call, reason);
    if (call->failed) return;
  }
  tell_ids(call, order);
}

/* --- Ending --- */

/* Which of its account's orders a filter is about; on spot it is ordinary ones where nothing is said. */
static int32_t passes(const bybit_order *order, const char *filter) {
  if (filter == NULL) return !bybit_is_spot(order->o.market) || order->kind == BYBIT_PLAIN;
  if (strcmp(filter, "Order") == 0) return order->kind == BYBIT_PLAIN;
  if (strcmp(filter, "StopOrder") == 0) return order->kind == BYBIT_STOP || (order->kind >= BYBIT_TAKE_PROFIT);
  if (strcmp(filter, "tpslOrder") == 0) return order->kind == BYBIT_TPSL;
  return 0;
}

static void run_cancel(bybit_call *call) {
  sim *s = call->s;
  const char *filter = bybit_param(call, "orderFilter");
  int32_t market = bybit_symbol(call);
  bybit_order *order = market < 0 ? NULL : bybit_find(call, market);
  if (call->failed) return;
  const paper_order *paper = order == NULL ? NULL : sim_order_paper(s, &order->o);
  if (paper == NULL || !bourse__paper_is_open(paper) ||
      (bybit_is_spot(order->o.market) && order->o.state == SIM_ORDER_WAITS && !passes(order, filter))) {
    (void)not_found(call, paper);
    return;
  }
  order->cancel_type = "CancelByUser";
  (void)sim_order_cancel(s, &bybit_of(s)->orders, &order->o);
  tell_ids(call, order);
}

static void run_cancel_all(bybit_call *call) {
  sim *s = call->s;
  sim_orders *orders = &bybit_of(s)->orders;
  const char *filter = bybit_param(call, "orderFilter");
  uint32_t mask, count = 0;
  if (!bybit_chosen(call, &mask)) return;
  if (call->category != BYBIT_SPOT && bybit_param(call, "symbol") == NULL && bybit_param(call, "baseCoin") == NULL &&
      bybit_param(call, "settleCoin") == NULL) {
    (void)bybit_fail(call, 10001, "params error: symbol, baseCoin or settleCoin is required");
    return;
  }
  int32_t category = call->category;
  call->category = BYBIT_NONE;
  cJSON *list = bybit_list(call);
  call->category = category;
  for (uint32_t i = 0; i < orders->count && count < ACTIVE_MAX; i++) {
    bybit_order *order = (bybit_order *)orders->items[i];
    char id[BYBIT_ID_SIZE];
    if (order->o.account != call->account->account || (mask >> order->o.market & 1) == 0 || !passes(order, filter) ||
        !sim_order_is_open(s, &order->o))
      continue;
    order->cancel_type = "CancelByUser";
    if (!sim_order_cancel(s, orders, &order->o)) continue;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "orderId", bybit_order_id(id, order));
    cJSON_AddStringToObject(row, "orderLinkId", order->o.client_id);
    cJSON_AddItemToArray(list, row);
    count++;
  }
  cJSON_AddStringToObject(call->result, "success", "1");
}

void bybit_cancel_product(sim *s, uint32_t account, int32_t derivatives, const char *why) {
  sim_orders *orders = &bybit_of(s)->orders;
  for (uint32_t i = 0; i < orders->count; i++) {
    bybit_order *order = (bybit_order *)orders->items[i];
    if (order->o.account != account || bybit_is_spot(order->o.market) == derivatives ||
        !sim_order_is_open(s, &order->o) || order->o.state == SIM_ORDER_WAITS)
      continue;
    order->cancel_type = why;
    (void)sim_order_cancel(s, orders, &order->o);
  }
}

static void run_dcp(bybit_call *call) {
  static const char *const products[] = {"SPOT", "DERIVATIVES", "OPTIONS"};
  const char *text = bybit_param(call, "product");
  int64_t window;
  int32_t product = text == NULL ? 2 : word_of(products, 3, text, -1);
  if (!bybit_whole(call, &window, "timeWindow", -1)) return;
  if (product < 0 || window < 3 || window > 300) {
    (void)bybit_fail(call, 10001, product < 0 ? "params error: product invalid" : "timeWindow should be in [3, 300]");
    return;
  }
  if (call->account->account < BYBIT_ACCOUNTS)
    bybit_of(call->s)->dcp[call->account->account][product].window_ns = window * BYBIT_SECOND;
}

static void run_get_dcp(bybit_call *call) {
  static const char *const products[] = {"SPOT", "DERIVATIVES", "OPTIONS"};
  call->result = cJSON_CreateObject();
  cJSON *list = cJSON_AddArrayToObject(call->result, "dcpInfos");
  for (int32_t i = 0; i < 3 && call->account->account < BYBIT_ACCOUNTS; i++) {
    int64_t window_ns = bybit_of(call->s)->dcp[call->account->account][i].window_ns;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "product", products[i]);
    cJSON_AddStringToObject(row, "dcpStatus", window_ns == 0 ? "OFF" : "ON");
    cJSON_AddStringToObject(row, "timeWindow", sim_units_text(window_ns == 0 ? 10 : window_ns / BYBIT_SECOND, 0, 0));
    cJSON_AddItemToArray(list, row);
  }
}

/* --- Several --- Each is answered for itself, in two lists side by side. */

static void run_several(bybit_call *call, void (*run)(bybit_call *call), int32_t creates) {
  const cJSON *list = cJSON_GetObjectItemCaseSensitive(call->body, "request"), *item;
  const char *category = bybit_param(call, "category");
  if (bybit_category(call) == BYBIT_NONE) return;
  int32_t count = cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
  if (count < 1 || count > (call->category == BYBIT_SPOT ? 10 : 20)) {
    (void)bybit_fail(call, 10001, "params error: request size invalid");
    return;
  }
  call->result = cJSON_CreateObject();
  call->extra = cJSON_CreateObject();
  cJSON *results = cJSON_AddArrayToObject(call->result, "list"), *codes = cJSON_AddArrayToObject(call->extra, "list");
  cJSON_ArrayForEach(item, list) {
    bybit_call one = *call;
    const char *symbol = sim_json_text(item, "symbol"), *client_id = sim_json_text(item, "orderLinkId");
    one.body = item;
    one.result = one.extra = NULL;
    if (bybit_check_types(&one)) run(&one);
    cJSON *row = cJSON_CreateObject(), *code = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "category", category);
    cJSON_AddStringToObject(row, "symbol", symbol == NULL ? "" : symbol);
    const char *id = one.failed ? NULL : sim_json_text(one.result, "orderId");
    cJSON_AddStringToObject(row, "orderId", id == NULL ? "" : id);
    const char *link = one.failed ? client_id : sim_json_text(one.result, "orderLinkId");
    cJSON_AddStringToObject(row, "orderLinkId", link == NULL ? "" : link);
    if (creates && one.failed) cJSON_AddStringToObject(row, "createAt", "");
    if (creates && !one.failed) bybit_add_ms(row, "createAt", call->s, sim_now_ns(call->s));
    sim_json_add_integer(code, "code", one.failed);
    cJSON_AddStringToObject(code, "msg", one.failed ? one.text : "OK");
    cJSON_AddItemToArray(results, row);
    cJSON_AddItemToArray(codes, code);
    cJSON_Delete(one.result);
    cJSON_Delete(one.extra);
  }
}

static void run_create_batch(bybit_call *call) { run_several(call, run_create, 1); }
static void run_amend_batch(bybit_call *call) { run_several(call, run_amend, 0); }
static void run_cancel_batch(bybit_call *call) { run_several(call, run_cancel, 0); }

#define TRADE(path_, op_, limit_, spot_, run_) \
  { "POST", "/v5/" path_, op_, BYBIT_TRADE, limit_, spot_, 0, run_ }

const bybit_row bybit_order_rows[] = {
    TRADE("order/create", "order.create", 10, 20, run_create),
    TRADE("order/amend", "order.amend", 10, 10, run_amend),
    TRADE("order/cancel", "order.cancel", 10, 20, run_cancel),
    TRADE("order/create-batch", "order.create-batch", 10, 20, run_create_batch),
    TRADE("order/amend-batch", "order.amend-batch", 10, 20, run_amend_batch),
    TRADE("order/cancel-batch", "order.cancel-batch", 10, 20, run_cancel_batch),
    TRADE("order/cancel-all", NULL, 10, 20, run_cancel_all),
    TRADE("order/disconnected-cancel-all", NULL, 5, 0, run_dcp),
    TRADE("position/trading-stop", NULL, 10, 0, run_trading_stop),
    {"GET", "/v5/account/query-dcp-info", NULL, BYBIT_READ, 5, 0, 0, run_get_dcp},
    {0},
};
