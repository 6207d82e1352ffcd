/* exchange/kucoin/futures_reports.c - what the exchange tells of orders and fills of futures. */
#include <string.h>

#include "exchange/kucoin/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Orders --- */

typedef struct order_row {
  bourse_order order;
  bourse_slice type;
  bourse_slice status;
  bourse_slice stop; /* up, down */
  bourse_decimal stop_price;
  bourse_decimal value; /* filled: quote units, or base units on inverse markets */
  bourse_decimal visible;
  int32_t active;
  int32_t cancel_exists;
  int32_t triggered;
  int32_t reserved;
} order_row;

static const bourse_field order_fields[] = {
    BOURSE_FIELD_MUST("id", ID, order_row, order.id),
    BOURSE_FIELD_FULL("symbol", CUSTOM, order_row, order.symbol, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_market),
    BOURSE_FIELD("type", SLICE, order_row, type),
    BOURSE_FIELD_ENUM("side", order_row, order.side, bourse__kucoin_sides),
    BOURSE_FIELD_CUSTOM("price", order_row, order.price, bourse_decode_nonzero),
    BOURSE_FIELD("size", DECIMAL, order_row, order.contracts),
    BOURSE_FIELD("value", CHECK, order_row, order),
    BOURSE_FIELD("dealValue", CHECK, order_row, order),
    BOURSE_FIELD("dealSize", CHECK, order_row, order),
    BOURSE_FIELD_ENUM("stp", order_row, order.self_trade, bourse__kucoin_self_trades),
    BOURSE_FIELD("stop", SLICE, order_row, stop),
    BOURSE_FIELD_ENUM("stopPriceType", order_row, order.trigger_by, bourse__kucoin_trigger_prices),
    BOURSE_FIELD("stopTriggered", BOOL, order_row, triggered),
    BOURSE_FIELD_CUSTOM("stopPrice", order_row, stop_price, bourse_decode_nonzero),
    BOURSE_FIELD_ENUM("timeInForce", order_row, order.time_in_force, bourse__kucoin_times_in_force),
    BOURSE_FIELD("postOnly", BOOL, order_row, order.post_only),
    BOURSE_FIELD("hidden", CHECK, order_row, order),
    BOURSE_FIELD("iceberg", CHECK, order_row, order),
    BOURSE_FIELD("leverage", CHECK, order_row, order),
    BOURSE_FIELD("forceHold", CHECK, order_row, order),
    BOURSE_FIELD("closeOrder", BOOL, order_row, order.close_position),
    BOURSE_FIELD_CUSTOM("visibleSize", order_row, visible, bourse_decode_nonzero),
    BOURSE_FIELD("clientOid", ID, order_row, order.client_order_id),
    BOURSE_FIELD("isActive", BOOL, order_row, active),
    BOURSE_FIELD("cancelExist", BOOL, order_row, cancel_exists),
    KUCOIN_TIME("createdAt", order_row, order.created_ns),
    KUCOIN_TIME("updatedAt", order_row, order.updated_ns),
    BOURSE_FIELD("endAt", CHECK, order_row, order),
    KUCOIN_TIME("orderTime", order_row, order.working_ns),
    BOURSE_FIELD("settleCurrency", CHECK, order_row, order),
    BOURSE_FIELD_ENUM("marginMode", order_row, order.margin_mode, bourse__kucoin_margin_modes),
    BOURSE_FIELD_ENUM("positionSide", order_row, order.position_side, bourse__kucoin_position_sides),
    BOURSE_FIELD_CUSTOM("avgDealPrice", order_row, order.average, bourse_decode_nonzero),
    BOURSE_FIELD("filledSize", DECIMAL, order_row, order.filled_contracts),
    BOURSE_FIELD("filledValue", DECIMAL, order_row, value),
    BOURSE_FIELD("status", SLICE, order_row, status),
    BOURSE_FIELD("reduceOnly", BOOL, order_row, order.reduce_only),
};
static const bourse_table order_table = BOURSE_TABLE(order_fields);

static void finish_sizes(bourse_call *call, order_row *row) {
  bourse_order *order = &row->order;
  const bourse_market *market = bourse__kucoin_futures_market(call, order->market_id);
  bourse_from_contracts(market, &order->contracts, &order->amount);
  bourse_from_contracts(market, &order->filled_contracts, &order->filled);
  bourse_from_contracts(market, &row->visible, &order->iceberg_amount);
  if (PRESENT(order->amount) && PRESENT(order->filled))
    bourse_decimal_sub(&order->remaining, &order->amount, &order->filled);
  if (market == NULL || !PRESENT(order->filled_contracts)) return;
  if (market->product == BOURSE_PRODUCT_INVERSE) {
    bourse__kucoin_futures_cost(market, &order->filled_contracts, NULL, &order->cost);
    return;
  }
  order->cost = row->value;
  if (!PRESENT(order->average) && bourse_decimal_sign(&order->filled) > 0 && PRESENT(order->cost) &&
      bourse_decimal_div(&order->average, &order->cost, &order->filled, bourse__kucoin_price_digits(market),
                         BOURSE_ROUND_HALF_EVEN) == BOURSE_OK)
    bourse_decimal_trim(&order->average, &order->average);
}

static void finish_status(bourse_call *call, order_row *row) {
  bourse_order *order = &row->order;
  int32_t open = row->active > 0 || bourse_slice_is(row->status, "open");
  int32_t rises = bourse_slice_is(row->stop, "up"), sells = order->side == BOURSE_SIDE_SELL;
  order->conditional = row->stop.length > 0 ? BOURSE_YES : BOURSE_NO;
  if (order->conditional > 0 && PRESENT(row->stop_price)) {
    order->trigger_price = row->stop_price;
    *(rises == sells ? &order->take_profit_price : &order->stop_loss_price) = row->stop_price;
  }
  if (row->status.length > 0)
    order->native_status = bourse_arena_copy(call->arena, row->status.data, row->status.length);
  if (!open && row->active == 0 && !bourse_slice_is(row->status, "done"))
    order->status = BOURSE_ORDER_UNKNOWN;
  else if (!open)
    order->status = row->cancel_exists > 0 ? BOURSE_ORDER_CANCELED : BOURSE_ORDER_FILLED;
  else
    order->status = order->conditional > 0 && row->triggered <= 0 ? BOURSE_ORDER_UNTRIGGERED : BOURSE_ORDER_OPEN;
}

static int32_t order_row_read(bourse_call *call, bourse_decoder *decoder) {
  order_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &order_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_order *order = &row.order;
  order->type = bourse_slice_is(row.type, "limit")    ? BOURSE_ORDER_LIMIT
                : bourse_slice_is(row.type, "market") ? BOURSE_ORDER_MARKET
                                                      : 0;
  if (row.type.length > 0) order->native_type = bourse_arena_copy(call->arena, row.type.data, row.type.length);
  if (order->client_order_id != NULL && order->client_order_id[0] == '\0') order->client_order_id = NULL;
  if (order->type == BOURSE_ORDER_MARKET) order->time_in_force = 0;
  finish_sizes(call, &row);
  finish_status(call, &row);
  order->realization = BOURSE_NATIVE;
  if (!bourse__kucoin_futures_is_wanted(call, order->market_id) || !bourse__kucoin_is_wanted(call, order))
    return BOURSE_OK;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *order;
  return BOURSE_OK;
}

FUTURES_BUILD(query_order) {
  const bourse_request *request = call->request;
  if (request->order_id != NULL) return bourse_set_path(call, request->order_id, NULL, NULL);
  bourse_put(call, "clientOid", request->client_order_id);
  return BOURSE_OK;
}

FUTURES_PARSE(query_order) {
  int32_t code = bourse__kucoin_rows(call, reply, order_row_read);
  return code == BOURSE_OK && bourse_appended(call) == 0 ? bourse__kucoin_order_not_found(call) : code;
}

/* --- Lists: open ones, those that are done, conditional ones --- */

FUTURES_BUILD(orders) {
  int64_t stage = call->scratch[SCRATCH_STAGE];
  if (stage != KUCOIN_ASK_STOPS) bourse_put(call, "status", stage == KUCOIN_ASK_DONE ? "done" : "active");
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  return bourse__kucoin_put_page(call, 1000);
}

FUTURES_PARSE(orders) {
  int64_t *stage = &call->scratch[SCRATCH_STAGE];
  int32_t whole = call->request->trigger >= 0 && call->request->cursor == NULL;
  int32_t code = bourse__kucoin_pages(call, reply, order_row_read);
  if (code != BOURSE_OK) return code;
  if (*stage == KUCOIN_ASK_ORDERS && call->operation == BOURSE_OP_FETCH_ORDERS)
    *stage = KUCOIN_ASK_DONE;
  else if (*stage != KUCOIN_ASK_STOPS && whole &&
           (call->operation == BOURSE_OP_FETCH_ORDERS || call->operation == BOURSE_OP_FETCH_OPEN_ORDERS))
    *stage = KUCOIN_ASK_STOPS;
  else
    return BOURSE_OK;
  bourse_restart_pages(call);
  return BOURSE_CONTINUE;
}

/* --- Fills --- */

static const bourse_name roles[] = {{"maker", BOURSE_MAKER}, {"taker", BOURSE_TAKER}, {NULL, 0}};

typedef struct fill_row {
  bourse_fill fill;
  bourse_decimal value;
  int64_t created_ns;
} fill_row;

static const bourse_field fill_fields[] = {
    BOURSE_FIELD_FULL("symbol", CUSTOM, fill_row, fill.symbol, BOURSE_FIELD_REQUIRED, NULL, bourse__kucoin_read_market),
    BOURSE_FIELD_MUST("tradeId", ID, fill_row, fill.id),
    BOURSE_FIELD("orderId", ID, fill_row, fill.order_id),
    BOURSE_FIELD_ENUM("side", fill_row, fill.side, bourse__kucoin_sides),
    BOURSE_FIELD_ENUM("liquidity", fill_row, fill.role, roles),
    BOURSE_FIELD("forceTaker", CHECK, fill_row, fill),
    BOURSE_FIELD_MUST("price", DECIMAL, fill_row, fill.price),
    BOURSE_FIELD_MUST("size", DECIMAL, fill_row, fill.contracts),
    BOURSE_FIELD("value", DECIMAL, fill_row, value),
    BOURSE_FIELD("feeRate", CHECK, fill_row, fill),
    BOURSE_FIELD("fixFee", CHECK, fill_row, fill),
    KUCOIN_CURRENCY("feeCurrency", fill_row, fill.fee_currency),
    BOURSE_FIELD("fee", DECIMAL, fill_row, fill.fee),
    BOURSE_FIELD("tradeType", CHECK, fill_row, fill),
    BOURSE_FIELD_ENUM("marginMode", fill_row, fill.margin_mode, bourse__kucoin_margin_modes),
    BOURSE_FIELD_ENUM("positionSide", fill_row, fill.position_side, bourse__kucoin_position_sides),
    KUCOIN_TIME("tradeTime", fill_row, fill.time_ns),
    KUCOIN_TIME("createdAt", fill_row, created_ns),
};
static const bourse_table fill_table = BOURSE_TABLE(fill_fields);

static int32_t fill_row_read(bourse_call *call, bourse_decoder *decoder) {
  fill_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &fill_table, &row);
  if (row.fill.time_ns == 0) row.fill.time_ns = row.created_ns;
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.fill.time_ns != 0, "tradeTime");
  if (code != BOURSE_OK || !bourse__kucoin_futures_is_wanted(call, row.fill.market_id) ||
      !bourse_in_range(call, row.fill.time_ns))
    return code;
  const bourse_market *market = bourse__kucoin_futures_market(call, row.fill.market_id);
  bourse_fill *fill = bourse_append(call, BOURSE_KIND_FILL);
  if (fill == NULL) return BOURSE_ERROR_MEMORY;
  *fill = row.fill;
  bourse_from_contracts(market, &fill->contracts, &fill->amount);
  if (market != NULL && market->product == BOURSE_PRODUCT_INVERSE)
    bourse__kucoin_futures_cost(market, &fill->contracts, NULL, &fill->cost);
  else
    fill->cost = row.value;
  return BOURSE_OK;
}

FUTURES_BUILD(fills) {
  if (call->request->id != NULL)
    return bourse_unsupported(call, "id", "own trades are found by time or by their order");
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "orderId", call->request->order_id);
  return bourse__kucoin_put_page(call, 1000);
}

FUTURES_PARSE(fills) { return bourse__kucoin_pages(call, reply, fill_row_read); }
