/* exchange/kucoin/reports.c - what the exchange tells of orders and fills on spot and margin. */
#include <string.h>

#include "exchange/kucoin/kucoin.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Orders --- */

typedef struct order_row {
  bourse_order order;
  bourse_slice type;
  bourse_slice status; /* of conditional orders: NEW, TRIGGERED */
  bourse_slice stop;   /* loss, entry */
  bourse_slice trade_type;
  bourse_decimal stop_price;
  bourse_decimal canceled;
  bourse_decimal funds;
  int64_t cancel_after;
  int32_t active;
  int32_t cancel_exists;
} order_row;

static const bourse_field order_fields[] = {
    BOURSE_FIELD_MUST("id", ID, order_row, order.id),
    BOURSE_FIELD("clientOid", ID, order_row, order.client_order_id),
    KUCOIN_MARKET("symbol", order_row, order.symbol),
    BOURSE_FIELD("userId", CHECK, order_row, order),
    BOURSE_FIELD("opType", CHECK, order_row, order),
    BOURSE_FIELD("status", SLICE, order_row, status),
    BOURSE_FIELD("type", SLICE, order_row, type),
    BOURSE_FIELD_ENUM("side", order_row, order.side, bourse__kucoin_sides),
    BOURSE_FIELD_CUSTOM("price", order_row, order.price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("size", order_row, order.amount, bourse_decode_nonzero),
    BOURSE_FIELD("funds", DECIMAL, order_row, funds),
    BOURSE_FIELD("dealSize", DECIMAL, order_row, order.filled),
    BOURSE_FIELD("dealFunds", DECIMAL, order_row, order.cost),
    BOURSE_FIELD("remainSize", CHECK, order_row, order),
    BOURSE_FIELD("remainFunds", CHECK, order_row, order),
    BOURSE_FIELD("cancelledSize", DECIMAL, order_row, canceled),
    BOURSE_FIELD("cancelledFunds", CHECK, order_row, order),
    BOURSE_FIELD("fee", DECIMAL, order_row, order.fee),
    KUCOIN_CURRENCY("feeCurrency", order_row, order.fee_currency),
    BOURSE_FIELD_ENUM("stp", order_row, order.self_trade, bourse__kucoin_self_trades),
    BOURSE_FIELD("stop", SLICE, order_row, stop),
    BOURSE_FIELD("stopTriggered", CHECK, order_row, order),
    BOURSE_FIELD_CUSTOM("stopPrice", order_row, stop_price, bourse_decode_nonzero),
    BOURSE_FIELD_ENUM("timeInForce", order_row, order.time_in_force, bourse__kucoin_times_in_force),
    BOURSE_FIELD("postOnly", BOOL, order_row, order.post_only),
    BOURSE_FIELD_CUSTOM("visibleSize", order_row, order.iceberg_amount, bourse_decode_nonzero),
    BOURSE_FIELD("cancelAfter", INT64, order_row, cancel_after),
    BOURSE_FIELD("cancelExist", BOOL, order_row, cancel_exists),
    BOURSE_FIELD("tradeType", SLICE, order_row, trade_type),
    BOURSE_FIELD("active", BOOL, order_row, active),
    KUCOIN_TIME("createdAt", order_row, order.created_ns),
    KUCOIN_TIME("lastUpdatedAt", order_row, order.updated_ns),
    KUCOIN_TIME("stopTriggerTime", order_row, order.updated_ns),
    KUCOIN_TIME("orderTime", order_row, order.working_ns),
};
static const bourse_table order_table = BOURSE_TABLE(order_fields);

/* Digits of a quotient: eight beyond those of the price tick. */
int32_t bourse__kucoin_price_digits(const bourse_market *market) {
  int32_t digits = market != NULL && PRESENT(market->price_tick) ? -market->price_tick.exponent : 2;
  return (digits < 0 ? 0 : digits > 18 ? 18 : digits) + 8;
}

static void finish_amounts(bourse_call *call, order_row *row) {
  bourse_order *order = &row->order;
  const bourse_market *market = bourse__kucoin_market(call, bourse_slice_of(order->market_id));
  if (!PRESENT(order->amount) && bourse_decimal_sign(&row->funds) > 0) order->requested_cost = row->funds;
  if (PRESENT(order->amount) && PRESENT(order->filled))
    bourse_decimal_sub(&order->remaining, &order->amount, &order->filled);
  if (bourse_decimal_sign(&order->filled) > 0 && PRESENT(order->cost) &&
      bourse_decimal_div(&order->average, &order->cost, &order->filled, bourse__kucoin_price_digits(market),
                         BOURSE_ROUND_HALF_EVEN) == BOURSE_OK)
    bourse_decimal_trim(&order->average, &order->average);
  if (row->cancel_after > 0 && order->created_ns > 0 && row->cancel_after < 31536000)
    order->expire_ns = order->created_ns + row->cancel_after * KUCOIN_SECOND;
}

/* A conditional order on either side of the price. */
static void finish_stop(bourse_call *call, order_row *row) {
  bourse_order *order = &row->order;
  int32_t rises = bourse_slice_is(row->stop, "entry"), sells = order->side == BOURSE_SIDE_SELL;
  order->conditional = PRESENT(row->stop_price) ? BOURSE_YES : BOURSE_NO;
  if (!PRESENT(row->stop_price)) return;
  order->trigger_price = row->stop_price;
  order->trigger_by = BOURSE_PRICE_LAST;
  if (row->stop.length > 0) *(rises == sells ? &order->take_profit_price : &order->stop_loss_price) = row->stop_price;
  (void)call;
}

static int32_t is_word(bourse_slice text, const char *word) { return bourse_slice_is(text, word); }

static void finish_status(bourse_call *call, order_row *row) {
  bourse_order *order = &row->order;
  const char *word = NULL;
  if (row->status.length > 0) {
    word = is_word(row->status, "NEW") ? "NEW" : is_word(row->status, "TRIGGERED") ? "TRIGGERED" : NULL;
    order->status = is_word(row->status, "NEW")         ? BOURSE_ORDER_UNTRIGGERED
                    : is_word(row->status, "TRIGGERED") ? BOURSE_ORDER_TRIGGERED
                                                        : BOURSE_ORDER_UNKNOWN;
    if (word == NULL) word = bourse_arena_copy(call->arena, row->status.data, row->status.length);
  } else if (row->active > 0) {
    word = "active";
    order->status = BOURSE_ORDER_OPEN;
  } else if (row->active < 0) {
    word = "done";
    order->status = row->cancel_exists > 0 ? BOURSE_ORDER_CANCELED : BOURSE_ORDER_FILLED;
  } else {
    order->status = BOURSE_ORDER_UNKNOWN;
  }
  order->native_status = word;
}

static void finish_order(bourse_call *call, order_row *row) {
  bourse_order *order = &row->order;
  order->type = is_word(row->type, "market") || is_word(row->type, "market_stop") ? BOURSE_ORDER_MARKET
                : is_word(row->type, "limit") || is_word(row->type, "limit_stop") ? BOURSE_ORDER_LIMIT
                                                                                  : 0;
  if (row->type.length > 0) order->native_type = bourse_arena_copy(call->arena, row->type.data, row->type.length);
  order->margin_mode = bourse_name_value(bourse__kucoin_trade_types, row->trade_type);
  if (order->client_order_id != NULL && order->client_order_id[0] == '\0') order->client_order_id = NULL;
  if (order->type == BOURSE_ORDER_MARKET) order->time_in_force = 0;
  finish_stop(call, row);
  finish_status(call, row);
  finish_amounts(call, row);
  order->realization = BOURSE_NATIVE;
}

int32_t bourse__kucoin_is_wanted(const bourse_call *call, const bourse_order *order) {
  const bourse_request *request = call->request;
  if (call->operation == BOURSE_OP_FETCH_ORDER) return 1;
  if (call->market != NULL && order->market_id != NULL && !bourse_is_wanted(call, order->market_id)) return 0;
  if (call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS && order->status != BOURSE_ORDER_FILLED) return 0;
  if (call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS && order->status != BOURSE_ORDER_CANCELED) return 0;
  if (request->trigger != 0 && order->conditional != 0 && (request->trigger > 0) != (order->conditional > 0)) return 0;
  if (request->since_ns != 0 && order->created_ns != 0 && order->created_ns < request->since_ns) return 0;
  return request->until_ns == 0 || order->created_ns <= request->until_ns;
}

static int32_t order_row_read(bourse_call *call, bourse_decoder *decoder) {
  order_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &order_table, &row);
  if (code != BOURSE_OK) return code;
  finish_order(call, &row);
  if (!bourse__kucoin_is_wanted(call, &row.order)) return BOURSE_OK;
  bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  *order = row.order;
  return BOURSE_OK;
}

/* --- One order --- */

int32_t bourse__kucoin_order_not_found(bourse_call *call) {
  return bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND, NULL, "KuCoin knows no order of that id");
}

/* "No such order" is told by an error, or by no data; then the other service is asked, where the id is the client's. */
static int32_t found_or_on(bourse_call *call) {
  if (bourse_appended(call) > 0) {
    bourse_truncate(call, 1);
    return BOURSE_OK;
  }
  if (call->request->order_id != NULL || call->scratch[SCRATCH_STAGE] != 0 || call->request->trigger < 0)
    return bourse__kucoin_order_not_found(call);
  call->scratch[SCRATCH_STAGE] = 1;
  return BOURSE_CONTINUE;
}

BUILD(query_order) {
  const bourse_request *request = call->request;
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  return bourse_set_path(call, request->order_id != NULL ? request->order_id : request->client_order_id, NULL, NULL);
}

/* On spot the id stands in the path, on margin it is a parameter. */
BUILD(query_stop) {
  const bourse_request *request = call->request;
  if (strchr(call->endpoint->path, '{') != NULL) return bourse_set_path(call, request->order_id, NULL, NULL);
  if (request->order_id != NULL) {
    bourse_put(call, "orderId", request->order_id);
    return BOURSE_OK;
  }
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "clientOid", request->client_order_id);
  return BOURSE_OK;
}

PARSE(query_order) {
  int32_t code = bourse__kucoin_rows(call, reply, order_row_read);
  return code == BOURSE_OK ? found_or_on(call) : code;
}

PARSE(query_stop) { return bourse__kucoin_parse_query_order(call, reply); }

/* --- Lists of orders --- */

/* The next of the lists that make up the operation. */
static int32_t next_list(bourse_call *call, int32_t stage) {
  int32_t whole = call->request->trigger >= 0 && call->request->cursor == NULL;
  if (stage == KUCOIN_ASK_ORDERS && call->operation == BOURSE_OP_FETCH_ORDERS)
    call->scratch[SCRATCH_STAGE] = KUCOIN_ASK_DONE;
  else if (stage < KUCOIN_ASK_STOPS && whole && call->operation != BOURSE_OP_FETCH_CLOSED_ORDERS &&
           call->operation != BOURSE_OP_FETCH_CANCELED_ORDERS)
    call->scratch[SCRATCH_STAGE] = KUCOIN_ASK_STOPS;
  else
    return BOURSE_OK;
  bourse_restart_pages(call);
  return BOURSE_CONTINUE;
}

BUILD(open_orders) {
  const char *symbol = bourse__kucoin_present_symbol(call);
  if (symbol == NULL && bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", symbol);
  if (call->margin_mode != 0) bourse_put(call, "tradeType", bourse__kucoin_trade_type(call->margin_mode));
  return BOURSE_OK;
}

PARSE(open_orders) {
  int32_t code = bourse__kucoin_rows(call, reply, order_row_read);
  if (code != BOURSE_OK) return code;
  return bourse__kucoin_next_symbol(call) ? BOURSE_CONTINUE : next_list(call, KUCOIN_ASK_ORDERS);
}

BUILD(stop_orders) {
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  if (call->margin_mode != 0) bourse_put(call, "tradeType", bourse__kucoin_trade_type(call->margin_mode));
  return bourse__kucoin_put_page(call, 500);
}

/* The last of them are followed by the pairs. */
PARSE(stop_orders) {
  bourse_page page;
  int32_t code = bourse__kucoin_read_page(call, reply, order_row_read, &page);
  if (code != BOURSE_OK || page.token != NULL)
    return code != BOURSE_OK ? code : bourse_next_page(call, &page, BOURSE_NEWEST_FIRST);
  call->scratch[SCRATCH_STAGE] = KUCOIN_ASK_PAIRS;
  bourse_restart_pages(call);
  return BOURSE_CONTINUE;
}

BUILD(done_orders) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  if (call->margin_mode != 0) bourse_put(call, "tradeType", bourse__kucoin_trade_type(call->margin_mode));
  return bourse__kucoin_put_last_id(call, 100);
}

PARSE(done_orders) {
  int32_t code = bourse__kucoin_chain(call, reply, order_row_read);
  return code == BOURSE_OK ? next_list(call, KUCOIN_ASK_DONE) : code;
}

/* --- Fills --- */

static const bourse_name roles[] = {{"maker", BOURSE_MAKER}, {"taker", BOURSE_TAKER}, {NULL, 0}};

typedef struct fill_row {
  bourse_fill fill;
  bourse_slice trade_type;
} fill_row;

static const bourse_field fill_fields[] = {
    BOURSE_FIELD("id", CHECK, fill_row, fill),
    KUCOIN_MARKET("symbol", fill_row, fill.symbol),
    BOURSE_FIELD_MUST("tradeId", ID, fill_row, fill.id),
    BOURSE_FIELD("orderId", ID, fill_row, fill.order_id),
    BOURSE_FIELD("counterOrderId", CHECK, fill_row, fill),
    BOURSE_FIELD_ENUM("side", fill_row, fill.side, bourse__kucoin_sides),
    BOURSE_FIELD_ENUM("liquidity", fill_row, fill.role, roles),
    BOURSE_FIELD("forceTaker", CHECK, fill_row, fill),
    BOURSE_FIELD_MUST("price", DECIMAL, fill_row, fill.price),
    BOURSE_FIELD_MUST("size", DECIMAL, fill_row, fill.amount),
    BOURSE_FIELD("funds", DECIMAL, fill_row, fill.cost),
    BOURSE_FIELD("fee", DECIMAL, fill_row, fill.fee),
    BOURSE_FIELD("feeRate", CHECK, fill_row, fill),
    KUCOIN_CURRENCY("feeCurrency", fill_row, fill.fee_currency),
    BOURSE_FIELD("tradeType", SLICE, fill_row, trade_type),
    BOURSE_FIELD_FULL("createdAt", CUSTOM, fill_row, fill.time_ns, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_time),
};
static const bourse_table fill_table = BOURSE_TABLE(fill_fields);

static int32_t fill_row_read(bourse_call *call, bourse_decoder *decoder) {
  fill_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &fill_table, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.fill.time_ns)) return code;
  bourse_fill *fill = bourse_append(call, BOURSE_KIND_FILL);
  if (fill == NULL) return BOURSE_ERROR_MEMORY;
  *fill = row.fill;
  fill->margin_mode = bourse_name_value(bourse__kucoin_trade_types, row.trade_type);
  return BOURSE_OK;
}

BUILD(fills) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  int32_t leg = 0;
  if (call->request->id != NULL)
    return bourse_unsupported(call, "id", "own trades are found by time or by their order");
  if (bourse__kucoin_pair_id(call->request->order_id, &leg) != NULL)
    return bourse_unsupported(call, "order_id", "trades are not told of by the orders of a pair");
  bourse_put(call, "symbol", market->id);
  if (call->margin_mode != 0) bourse_put(call, "tradeType", bourse__kucoin_trade_type(call->margin_mode));
  bourse_put(call, "orderId", call->request->order_id);
  return bourse__kucoin_put_last_id(call, 100);
}

PARSE(fills) { return bourse__kucoin_chain(call, reply, fill_row_read); }
