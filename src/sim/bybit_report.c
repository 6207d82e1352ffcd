/* sim/bybit_report.c - orders and fills as they are told, and the lists of them. Follows "Get Open & Closed Orders", "Get
 * Order History", "Get Trade History" and "Enums Definitions" of the exchange's V5 documents. */
#include "bybit.h"

#define CLOSED_MAX   500 /* that "openOnly=1" goes back */
#define LATE_NS      (300 * BYBIT_MS)
#define UNFILLED_DAY BYBIT_DAY /* so long orders that ended without a fill are kept */

static const char *status_text(const bybit_order *order, const paper_order *as) {
  int32_t spot = bybit_is_spot(order->o.market);
  switch (as->status) {
    case BOURSE_ORDER_UNTRIGGERED: return order->o.fired ? "Triggered" : "Untriggered";
    case BOURSE_ORDER_FILLED: return "Filled";
    case BOURSE_ORDER_REJECTED: return "Rejected";
    case BOURSE_ORDER_OPEN: return as->filled > 0 ? "PartiallyFilled" : "New";
    default: break;
  }
  if (as->cost_asked > 0 && as->filled > 0 && as->reason != PAPER_CANCELED) return "PartiallyFilledCanceled";
  if (spot && order->kind != BYBIT_PLAIN && !order->o.fired) return "Deactivated";
  return spot && as->filled > 0 ? "PartiallyFilledCanceled" : "Cancelled";
}

static const char *cancel_text(const bybit_order *order, const paper_order *as) {
  if (as->status == BOURSE_ORDER_OPEN || as->status == BOURSE_ORDER_FILLED || as->status == BOURSE_ORDER_UNTRIGGERED)
    return "UNKNOWN";
  if (order->cancel_type != NULL) return order->cancel_type;
  switch (as->reason) {
    case PAPER_SELF_TRADE: return "CancelBySmp";
    case PAPER_REDUCE_ONLY: return "CancelByReduceOnly";
    case PAPER_LIST: return "CancelByTpSlTsClear";
    case PAPER_LIQUIDATED: return "CancelAllBeforeLiq";
    default: return "UNKNOWN";
  }
}

static const char *reject_text(const bybit_order *order, const paper_order *as) {
  if (order->reject_reason != NULL) return order->reject_reason;
  if (as->status == BOURSE_ORDER_REJECTED)
    return as->reason == PAPER_NO_FUNDS ? "EC_NotEnoughBalance" : "EC_PerCancelRequest";
  if (as->status == BOURSE_ORDER_CANCELED || as->status == BOURSE_ORDER_EXPIRED)
    return as->reason == PAPER_CANCELED       ? "EC_PerCancelRequest"
           : as->reason == PAPER_UNFILLED     ? "EC_CancelForNoFullFill"
           : as->reason == PAPER_NO_LIQUIDITY ? "EC_NoImmediateQtyToFill"
                                              : "EC_NoError";
  return "EC_NoError";
}

static const char *stop_text(const bybit_order *order) {
  static const char *const names[] = {"", "Stop", "tpslOrder", "TakeProfit", "StopLoss", "TrailingStop"};
  if (order->partial && order->kind == BYBIT_TAKE_PROFIT) return "PartialTakeProfit";
  if (order->partial && order->kind == BYBIT_STOP_LOSS) return "PartialStopLoss";
  return names[order->kind];
}

static const char *given(const bourse_decimal *value) {
  return bourse_decimal_is_present(value) ? sim_decimal_text(value) : "";
}

static void add_terms(cJSON *json, sim *s, const bybit_order *order) {
  static const char *const forces[] = {"GTC", "GTC", "IOC", "FOK", "PostOnly"};
  static const char *const triggers[] = {"", "LastPrice", "MarkPrice", "IndexPrice"};
  static const char *const self_trades[] = {"None", "CancelMaker", "CancelTaker", "CancelBoth"};
  const sim_trigger *trigger = &order->o.triggers[0];
  int32_t spot = bybit_is_spot(order->o.market),
          attaches = bourse_decimal_is_present(&order->profit.price) || bourse_decimal_is_present(&order->loss.price);
  cJSON_AddStringToObject(json, "timeInForce", forces[order->force]);
  cJSON_AddStringToObject(json, "stopOrderType", stop_text(order));
  cJSON_AddStringToObject(json, "orderIv", "");
  cJSON_AddStringToObject(json, "marketUnit",
                          !spot || order->o.request.type != BOURSE_ORDER_MARKET ? ""
                          : order->in_quote                                     ? "quoteCoin"
                                                                                : "baseCoin");
  cJSON_AddStringToObject(json, "triggerPrice",
                          trigger->price == 0 ? "" : bybit_price(s, order->o.market, trigger->price));
  sim_json_add_integer(json, "triggerDirection", order->direction);
  cJSON_AddStringToObject(json, "triggerBy", order->kind == BYBIT_PLAIN ? "" : triggers[order->trigger_by]);
  cJSON_AddStringToObject(json, "takeProfit", given(&order->profit.price));
  cJSON_AddStringToObject(json, "stopLoss", given(&order->loss.price));
  cJSON_AddStringToObject(json, "tpTriggerBy", attaches ? triggers[order->profit.by] : "");
  cJSON_AddStringToObject(json, "slTriggerBy", attaches ? triggers[order->loss.by] : "");
  cJSON_AddStringToObject(json, "tpLimitPrice", given(&order->profit.limit));
  cJSON_AddStringToObject(json, "slLimitPrice", given(&order->loss.limit));
  if (!spot) /* spot does not have this member */
    cJSON_AddStringToObject(json, "tpslMode",
                            !attaches && order->kind < BYBIT_TAKE_PROFIT ? ""
                            : order->partial                             ? "Partial"
                                                                         : "Full");
  cJSON_AddBoolToObject(json, "reduceOnly", order->o.request.reduce_only > 0);
  cJSON_AddBoolToObject(json, "closeOnTrigger", order->close_on_trigger);
  sim_json_add_integer(json, "positionIdx", order->index);
  cJSON_AddStringToObject(json, "isLeverage", spot ? "0" : "");
  cJSON_AddStringToObject(json, "smpType", self_trades[order->self_trade]);
  sim_json_add_integer(json, "smpGroup", 0);
  cJSON_AddStringToObject(json, "smpOrderId", "");
  cJSON_AddStringToObject(json, "lastPriceOnCreated", spot ? "" : bybit_price(s, order->o.market, order->last));
  cJSON_AddStringToObject(json, "placeType", "");
  cJSON_AddStringToObject(json, "createType",
                          order->o.unasked                   ? "CreateByLiq"
                          : order->kind == BYBIT_TAKE_PROFIT ? "CreateByTakeProfit"
                          : order->kind == BYBIT_STOP_LOSS   ? "CreateByStopLoss"
                          : order->kind == BYBIT_TRAILING    ? "CreateByTrailingStop"
                                                             : "CreateByUser");
}

static void add_fees(cJSON *json, sim *s, const paper_order *as) {
  const char *currency = bourse__paper_currency_code(sim_engine(s), as->fee_currency);
  cJSON_AddStringToObject(json, "cumExecFee", as->filled == 0 ? "0" : sim_money_text(as->fee, -1));
  cJSON *detail = cJSON_AddObjectToObject(json, "cumFeeDetail");
  if (as->filled > 0) sim_json_add_money(detail, currency, as->fee, -1);
  cJSON_AddStringToObject(json, "feeCurrency", as->filled > 0 ? currency : "");
}

/* What is left, in quantity and value; nothing where the order has ended. */
static void add_left(cJSON *json, sim *s, const bybit_order *order, const paper_order *as) {
  const paper_market *market = bybit_market(s, order->o.market);
  int32_t open = bourse__paper_is_open(as);
  int64_t left = open ? bourse__paper_remaining(as) : 0, price = as->price != 0 ? as->price : market->last;
  if (order->in_quote) {
    cJSON_AddStringToObject(json, "qty", given(&order->o.request.cost));
    cJSON_AddStringToObject(json, "leavesQty", "0");
    sim_json_add_money(json, "leavesValue", as->cost_asked - as->cost_filled, -1);
    return;
  }
  cJSON_AddStringToObject(json, "qty", bybit_amount(s, order->o.market, as->amount));
  cJSON_AddStringToObject(json, "leavesQty", bybit_amount(s, order->o.market, left));
  sim_json_add_money(json, "leavesValue", (paper_money)left * price * market->unit_cost, -1);
}

cJSON *bybit_order_json(sim *s, const bybit_order *order, const paper_order *as, int32_t on_stream) {
  const paper_market *market = bybit_market(s, order->o.market);
  char id[BYBIT_ID_SIZE];
  bourse_decimal average = bourse__paper_average(market, as->cost_filled, as->filled, 4);
  cJSON *json = cJSON_CreateObject();
  if (on_stream) cJSON_AddStringToObject(json, "category", bybit_category_text(order->o.market));
  cJSON_AddStringToObject(json, "symbol", market->about->id);
  cJSON_AddStringToObject(json, "orderId", bybit_order_id(id, order));
  cJSON_AddStringToObject(json, "orderLinkId", order->o.client_id);
  cJSON_AddStringToObject(json, "blockTradeId", "");
  cJSON_AddStringToObject(json, "side", as->side == BOURSE_SIDE_BUY ? "Buy" : "Sell");
  cJSON_AddStringToObject(json, "orderType", as->type == BOURSE_ORDER_LIMIT ? "Limit" : "Market");
  cJSON_AddStringToObject(json, "price",
                          as->type == BOURSE_ORDER_LIMIT ? bybit_price(s, order->o.market, as->price) : "0");
  add_left(json, s, order, as);
  cJSON_AddStringToObject(json, "cumExecQty", bybit_amount(s, order->o.market, as->filled));
  sim_json_add_money(json, "cumExecValue", as->cost_filled, -1);
  cJSON_AddStringToObject(json, "avgPrice", as->filled == 0 ? "" : sim_decimal_text(&average));
  add_fees(json, s, as);
  cJSON_AddStringToObject(json, "orderStatus", status_text(order, as));
  cJSON_AddStringToObject(json, "cancelType", cancel_text(order, as));
  cJSON_AddStringToObject(json, "rejectReason", reject_text(order, as));
  add_terms(json, s, order);
  bybit_add_ms(json, "createdTime", s, order->o.own.created_ns);
  bybit_add_ms(json, "updatedTime", s, as->updated_ns);
  if (on_stream) cJSON_AddStringToObject(json, "closedPnl", "0");
  return json;
}

/* --- Lists of orders --- */

static int32_t is_of_filter(const bybit_order *order, const char *filter) {
  static const char *const names[] = {"Order", "StopOrder", "tpslOrder", "StopOrder", "StopOrder", "StopOrder"};
  return filter == NULL || strcmp(names[order->kind], filter) == 0;
}

static int32_t matches(const bybit_order *order, const bybit_call *call, uint32_t mask) {
  const char *id = bybit_param(call, "orderId"), *client_id = bybit_param(call, "orderLinkId");
  return order->o.account == call->account->account && (mask >> order->o.market & 1) != 0 &&
         (id == NULL || bybit_id_number(id) == order->o.id) &&
         (client_id == NULL || strcmp(client_id, order->o.client_id) == 0) &&
         is_of_filter(order, bybit_param(call, "orderFilter"));
}

/* Linear ones want to know which coin or contract. */
static int32_t chosen(bybit_call *call, uint32_t *mask, int32_t wants) {
  if (!bybit_chosen(call, mask)) return 0;
  if (!wants || call->category == BYBIT_SPOT || bybit_param(call, "symbol") != NULL ||
      bybit_param(call, "baseCoin") != NULL || bybit_param(call, "settleCoin") != NULL)
    return 1;
  return bybit_fail(call, 10001, "Missing some parameters that must be filled in, symbol or settleCoin or baseCoin");
}

static void run_realtime(bybit_call *call) {
  sim *s = call->s;
  const sim_orders *orders = &bybit_of(s)->orders;
  int64_t limit, only;
  uint64_t below, last = 0;
  uint32_t mask, closed = 0;
  if (!chosen(call, &mask, 1) || !bybit_page(call, &limit, 20, 50, &below) || !bybit_whole(call, &only, "openOnly", 0))
    return;
  int32_t named = bybit_param(call, "orderId") != NULL || bybit_param(call, "orderLinkId") != NULL,
          late = named && sim_fault(s, "late_query", call->row->path);
  cJSON *list = bybit_list(call);
  for (uint32_t i = orders->count; i-- > 0 && cJSON_GetArraySize(list) < limit;) {
    const bybit_order *order = (const bybit_order *)orders->items[i];
    const paper_order *as = sim_order_paper(s, &order->o);
    if (!matches(order, call, mask)) continue;
    int32_t open = bourse__paper_is_open(as);
    if (!open && closed++ >= CLOSED_MAX) break;
    if (open != (only == 0) || order->o.id >= below) continue;
    if (late && sim_now_ns(s) - order->o.own.created_ns < LATE_NS) continue;
    cJSON_AddItemToArray(list, bybit_order_json(s, order, as, 0));
    last = order->o.id;
  }
  bybit_cursor(call, cJSON_GetArraySize(list) == limit ? last : 0);
}

static void run_history(bybit_call *call) {
  sim *s = call->s;
  const sim_orders *orders = &bybit_of(s)->orders;
  int64_t limit, start, end;
  uint64_t below, last = 0;
  uint32_t mask;
  if (!chosen(call, &mask, 0) || !bybit_page(call, &limit, 20, 50, &below) || !bybit_window(call, &start, &end, 7))
    return;
  cJSON *list = bybit_list(call);
  for (uint32_t i = orders->count; i-- > 0 && cJSON_GetArraySize(list) < limit;) {
    const bybit_order *order = (const bybit_order *)orders->items[i];
    const paper_order *as = sim_order_paper(s, &order->o);
    int64_t created = (order->o.own.created_ns + sim_skew_ns(s)) / BYBIT_MS;
    if (!matches(order, call, mask) || bourse__paper_is_open(as) || order->o.id >= below || created < start ||
        created > end || (as->filled == 0 && sim_now_ns(s) - as->updated_ns > UNFILLED_DAY))
      continue;
    cJSON_AddItemToArray(list, bybit_order_json(s, order, as, 0));
    last = order->o.id;
  }
  bybit_cursor(call, cJSON_GetArraySize(list) == limit ? last : 0);
}

/* --- Fills --- */

cJSON *bybit_fill_json(sim *s, const paper_fill *fill, const paper_order *as, int32_t on_stream) {
  const bybit_order *order = (const bybit_order *)sim_order_of(&bybit_of(s)->orders, fill->order_id);
  const paper_market *market = bybit_market(s, fill->market);
  int32_t maker = fill->role == BOURSE_MAKER, left = as != NULL && bourse__paper_is_open(as);
  char id[BYBIT_ID_SIZE];
  cJSON *json = cJSON_CreateObject();
  if (on_stream) cJSON_AddStringToObject(json, "category", bybit_category_text(fill->market));
  cJSON_AddStringToObject(json, "symbol", market->about->id);
  cJSON_AddStringToObject(json, "orderId", order == NULL ? "" : bybit_order_id(id, order));
  cJSON_AddStringToObject(json, "orderLinkId", order == NULL ? "" : order->o.client_id);
  cJSON_AddStringToObject(json, "side", fill->side == BOURSE_SIDE_BUY ? "Buy" : "Sell");
  cJSON_AddStringToObject(json, "orderPrice", as == NULL ? "0" : bybit_price(s, fill->market, as->price));
  cJSON_AddStringToObject(json, "orderQty", as == NULL ? "0" : bybit_amount(s, fill->market, as->amount));
  cJSON_AddStringToObject(json, "leavesQty", left ? bybit_amount(s, fill->market, bourse__paper_remaining(as)) : "0");
  cJSON_AddStringToObject(json, "createType", order != NULL && order->o.unasked ? "CreateByLiq" : "CreateByUser");
  cJSON_AddStringToObject(json, "orderType", as != NULL && as->type == BOURSE_ORDER_LIMIT ? "Limit" : "Market");
  cJSON_AddStringToObject(json, "stopOrderType", order == NULL ? "" : stop_text(order));
  sim_json_add_money(json, "execFee", fill->fee, -1);
  cJSON_AddStringToObject(json, "feeCurrency", bourse__paper_currency_code(sim_engine(s), fill->fee_currency));
  cJSON_AddStringToObject(json, "execId", bybit_exec_id(id, fill->market, fill->id, fill->side));
  cJSON_AddStringToObject(json, "execPrice", bybit_price(s, fill->market, fill->price));
  cJSON_AddStringToObject(json, "execQty", bybit_amount(s, fill->market, fill->amount));
  cJSON_AddStringToObject(json, "execType", order != NULL && order->o.unasked ? "BustTrade" : "Trade");
  sim_json_add_money(json, "execValue", fill->cost, -1);
  bybit_add_ms(json, "execTime", s, fill->time_ns);
  cJSON_AddBoolToObject(json, "isMaker", maker);
  sim_json_add_decimal(json, "feeRate", maker ? &market->about->maker_fee : &market->about->taker_fee);
  cJSON_AddStringToObject(json, "tradeIv", "");
  cJSON_AddStringToObject(json, "markIv", "");
  cJSON_AddStringToObject(json, "markPrice",
                          bybit_is_spot(fill->market) ? "" : bybit_price(s, fill->market, bybit_mark(s, fill->market)));
  cJSON_AddStringToObject(json, "indexPrice", "");
  cJSON_AddStringToObject(json, "underlyingPrice", "");
  cJSON_AddStringToObject(json, "blockTradeId", "");
  cJSON_AddStringToObject(json, "closedSize", "0");
  sim_json_add_integer(json, "seq", (int64_t)fill->id);
  if (on_stream) sim_json_add_money(json, "execPnl", fill->realized, -1);
  return json;
}

static void run_fills(bybit_call *call) {
  sim *s = call->s;
  int64_t limit, start, end;
  uint64_t below, last = 0;
  uint32_t mask;
  const char *id = bybit_param(call, "orderId"), *client_id = bybit_param(call, "orderLinkId"),
             *type = bybit_param(call, "execType");
  if (!bybit_chosen(call, &mask) || !bybit_page(call, &limit, 50, 100, &below) || !bybit_window(call, &start, &end, 7))
    return;
  const paper_ring *fills = &bourse__paper_account(sim_engine(s), call->account->account)->fills;
  cJSON *list = bybit_list(call);
  for (uint32_t i = fills->count; i-- > 0 && cJSON_GetArraySize(list) < limit;) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    const bybit_order *order = (const bybit_order *)sim_order_of(&bybit_of(s)->orders, fill->order_id);
    int64_t time = (fill->time_ns + sim_skew_ns(s)) / BYBIT_MS;
    if ((mask >> fill->market & 1) == 0 || fill->id >= below || time < start || time > end ||
        (id != NULL && (order == NULL || order->o.id != bybit_id_number(id))) ||
        (client_id != NULL && (order == NULL || strcmp(order->o.client_id, client_id) != 0)) ||
        (type != NULL && strcmp(type, order != NULL && order->o.unasked ? "BustTrade" : "Trade") != 0))
      continue;
    cJSON_AddItemToArray(list, bybit_fill_json(s, fill, order == NULL ? NULL : sim_order_paper(s, &order->o), 0));
    last = fill->id;
  }
  bybit_cursor(call, cJSON_GetArraySize(list) == limit ? last : 0);
}

#define READ(path_, limit_, run_) \
  { "GET", "/v5/" path_, NULL, BYBIT_READ, limit_, 0, 0, run_ }

const bybit_row bybit_report_rows[] = {
    READ("order/realtime", 50, run_realtime),
    READ("order/history", 50, run_history),
    READ("execution/list", 50, run_fills),
    {0},
};
