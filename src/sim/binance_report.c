/* sim/binance_report.c - orders and lists of orders, as the different calls tell them. */
#include <stdio.h>
#include <string.h>

#include "binance.h"

const char *const binance_types[BINANCE_TYPES + 1] = {
    "LIMIT", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT", "LIMIT_MAKER", NULL};

const char *binance_status_text(const paper_order *order) {
  switch (order->status) {
    case BOURSE_ORDER_OPEN: return order->filled > 0 ? "PARTIALLY_FILLED" : "NEW";
    case BOURSE_ORDER_UNTRIGGERED: return "NEW";
    case BOURSE_ORDER_PENDING: return "PENDING_NEW";
    case BOURSE_ORDER_FILLED: return "FILLED";
    case BOURSE_ORDER_CANCELED: return "CANCELED";
    case BOURSE_ORDER_REJECTED: return "REJECTED";
    default: return order->reason == PAPER_SELF_TRADE ? "EXPIRED_IN_MATCH" : "EXPIRED";
  }
}

const char *binance_self_trade_text(int32_t self_trade) {
  switch (self_trade) {
    case BOURSE_SELF_TRADE_CANCEL_MAKER: return "EXPIRE_MAKER";
    case BOURSE_SELF_TRADE_CANCEL_TAKER: return "EXPIRE_TAKER";
    case BOURSE_SELF_TRADE_CANCEL_BOTH: return "EXPIRE_BOTH";
    case BOURSE_SELF_TRADE_DECREMENT: return "DECREMENT";
    default: return "NONE";
  }
}

const char *binance_tif_text(int32_t time_in_force) {
  return time_in_force == BOURSE_IMMEDIATE_OR_CANCEL ? "IOC" : time_in_force == BOURSE_FILL_OR_KILL ? "FOK" : "GTC";
}

/* NULL: it did not expire. */
const char *binance_expiry_text(const paper_order *order) {
  if (order->status != BOURSE_ORDER_EXPIRED) return NULL;
  switch (order->reason) {
    case PAPER_UNFILLED:
      return order->time_in_force == BOURSE_FILL_OR_KILL ? "UNFILLED_FOK_ORDER_EXPIRED"
                                                         : "UNFILLED_IOC_QUANTITY_EXPIRED";
    case PAPER_NO_LIQUIDITY: return "INSUFFICIENT_LIQUIDITY";
    case PAPER_LIST:
      return order->list != NULL && order->list->kind == BOURSE_LIST_OCO ? "OCO_TRIGGER" : "OTO_PHASE_ONE_EXPIRED";
    case PAPER_SELF_TRADE: return NULL;
    default: return "EXCHANGE_CANCELED";
  }
}

static void add_ms(cJSON *object, const char *name, int64_t time_ns) {
  sim_json_add_integer(object, name, time_ns / BINANCE_MS);
}

static cJSON *fills_json(sim *s, const paper_order *order) {
  const paper_ring *fills = &bourse__paper_account(sim_engine(s), order->account)->fills;
  cJSON *list = cJSON_CreateArray();
  uint32_t first = fills->count, found = 0;
  while (first > 0 && found < order->fill_count)
    found += ((const paper_fill *)bourse__paper_ring_at(fills, --first))->order_id == order->id;
  for (; first < fills->count; first++) {
    const paper_fill *fill = bourse__paper_ring_at(fills, first);
    if (fill->order_id != order->id) continue;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "price", binance_price(s, order->market, fill->price));
    cJSON_AddStringToObject(row, "qty", binance_amount(s, order->market, fill->amount));
    sim_json_add_money(row, "commission", fill->fee, BINANCE_PLACES);
    cJSON_AddStringToObject(row, "commissionAsset", bourse__paper_currency_code(sim_engine(s), fill->fee_currency));
    sim_json_add_integer(row, "tradeId", (int64_t)fill->id);
    cJSON_AddItemToArray(list, row);
  }
  return list;
}

static int32_t is_stop(const binance_order *about) {
  return about != NULL && about->type >= BINANCE_TYPE_STOP_LOSS && about->type <= BINANCE_TYPE_TAKE_PROFIT_LIMIT;
}

static int64_t stop_of(const paper_order *order) {
  return order->trigger_kind == PAPER_TRAILING ? order->trail_activation : order->trigger_price;
}

static void add_amounts(cJSON *json, sim *s, const paper_order *order) {
  cJSON_AddStringToObject(json, "price", binance_price(s, order->market, order->price));
  cJSON_AddStringToObject(json, "origQty", binance_amount(s, order->market, order->amount));
  cJSON_AddStringToObject(json, "executedQty", binance_amount(s, order->market, order->filled));
  sim_json_add_money(json, "origQuoteOrderQty", order->cost_asked, BINANCE_PLACES);
  sim_json_add_money(json, "cummulativeQuoteQty", order->cost_filled, BINANCE_PLACES);
}

static void add_kind(cJSON *json, const binance_order *about, const paper_order *order) {
  cJSON_AddStringToObject(json, "status", binance_status_text(order));
  cJSON_AddStringToObject(json, "timeInForce", binance_tif_text(order->time_in_force));
  cJSON_AddStringToObject(json, "type", binance_types[about != NULL ? about->type : 0]);
  cJSON_AddStringToObject(json, "side", order->side == BOURSE_SIDE_BUY ? "BUY" : "SELL");
}

static int64_t working_ms(const paper_order *order) {
  if (order->status == BOURSE_ORDER_PENDING || order->status == BOURSE_ORDER_UNTRIGGERED || order->working_ns == 0)
    return -1;
  return order->working_ns / BINANCE_MS;
}

static void add_more(cJSON *json, sim *s, const binance_order *about, const paper_order *order) {
  if (is_stop(about) && stop_of(order) > 0)
    cJSON_AddStringToObject(json, "stopPrice", binance_price(s, order->market, stop_of(order)));
  if (about != NULL && about->trailing_delta > 0) {
    sim_json_add_integer(json, "trailingDelta", about->trailing_delta);
    sim_json_add_integer(json, "trailingTime", order->trail_active ? order->created_ns / BINANCE_MS : -1);
  }
  if (order->display > 0) cJSON_AddStringToObject(json, "icebergQty", binance_amount(s, order->market, order->display));
  if (about != NULL && about->strategy_id > 0) sim_json_add_integer(json, "strategyId", about->strategy_id);
  if (about != NULL && about->strategy_type > 0) sim_json_add_integer(json, "strategyType", about->strategy_type);
}

static void add_query(cJSON *json, sim *s, const binance_order *about, const paper_order *order) {
  const char *expiry = binance_expiry_text(order);
  cJSON_AddStringToObject(json, "stopPrice", binance_price(s, order->market, stop_of(order)));
  cJSON_AddStringToObject(json, "icebergQty", binance_amount(s, order->market, order->display));
  add_ms(json, "time", order->created_ns);
  add_ms(json, "updateTime", order->updated_ns);
  cJSON_AddBoolToObject(json, "isWorking", working_ms(order) >= 0);
  sim_json_add_integer(json, "workingTime", working_ms(order));
  if (about != NULL && about->trailing_delta > 0) sim_json_add_integer(json, "trailingDelta", about->trailing_delta);
  if (expiry != NULL) cJSON_AddStringToObject(json, "expiryReason", expiry);
}

cJSON *binance_order_json(sim *s, const paper_order *order, int32_t how) {
  const binance_order *about = binance_order_of(s, order->id);
  const char *client_id = about != NULL ? about->client_id : order->client_id;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", bourse__paper_market(sim_engine(s), order->market)->about->id);
  if (how == BINANCE_AS_CANCEL) cJSON_AddStringToObject(json, "origClientOrderId", client_id);
  sim_json_add_integer(json, "orderId", (int64_t)order->id);
  sim_json_add_integer(json, "orderListId", order->list != NULL ? (int64_t)order->list->id : -1);
  cJSON_AddStringToObject(json, "clientOrderId",
                          how == BINANCE_AS_CANCEL && about != NULL ? about->cancel_id : client_id);
  if (how != BINANCE_AS_QUERY) add_ms(json, "transactTime", order->updated_ns);
  if (how == BINANCE_AS_ACK) return json;
  add_amounts(json, s, order);
  add_kind(json, about, order);
  if (how == BINANCE_AS_QUERY)
    add_query(json, s, about, order);
  else
    add_more(json, s, about, order);
  if (how == BINANCE_AS_RESULT || how == BINANCE_AS_FULL) sim_json_add_integer(json, "workingTime", working_ms(order));
  if (how == BINANCE_AS_FULL) cJSON_AddItemToObject(json, "fills", fills_json(s, order));
  cJSON_AddStringToObject(json, "selfTradePreventionMode", binance_self_trade_text(order->self_trade));
  return json;
}

static int32_t is_open_list(const paper_list *list) {
  for (uint32_t i = 0; i < list->count; i++)
    if (list->orders[i] != NULL && bourse__paper_is_open(list->orders[i])) return 1;
  return 0;
}

cJSON *binance_list_json(sim *s, const paper_list *list, int32_t how) {
  static const char *const kinds[] = {"", "OCO", "OTO", "OTO", "OPO", "OPO"};
  const char *symbol = bourse__paper_market(sim_engine(s), list->market)->about->id;
  int32_t open = is_open_list(list);
  cJSON *json = cJSON_CreateObject(), *orders = cJSON_CreateArray(), *reports = cJSON_CreateArray();
  sim_json_add_integer(json, "orderListId", (int64_t)list->id);
  cJSON_AddStringToObject(json, "contingencyType", kinds[list->kind]);
  cJSON_AddStringToObject(json, "listStatusType", open ? "EXEC_STARTED" : "ALL_DONE");
  cJSON_AddStringToObject(json, "listOrderStatus", open ? "EXECUTING" : "ALL_DONE");
  cJSON_AddStringToObject(json, "listClientOrderId", list->client_id);
  add_ms(json, "transactionTime", list->created_ns);
  cJSON_AddStringToObject(json, "symbol", symbol);
  for (uint32_t i = 0; i < list->count; i++) {
    const paper_order *order = list->orders[i];
    if (order == NULL) continue;
    const binance_order *about = binance_order_of(s, order->id);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "symbol", symbol);
    sim_json_add_integer(row, "orderId", (int64_t)order->id);
    cJSON_AddStringToObject(row, "clientOrderId", about != NULL ? about->client_id : order->client_id);
    cJSON_AddItemToArray(orders, row);
    if (how >= 0) cJSON_AddItemToArray(reports, binance_order_json(s, order, how));
  }
  cJSON_AddItemToObject(json, "orders", orders);
  if (how >= 0)
    cJSON_AddItemToObject(json, "orderReports", reports);
  else
    cJSON_Delete(reports);
  return json;
}
