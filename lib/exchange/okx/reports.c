/* exchange/okx/reports.c - what the exchange tells of orders and fills. Lists begin with the newest, and their pages go by the
 * id of the last row. */
#include <string.h>

#include "exchange/okx/okx.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- What is asked for --- */

BUILD(order_id) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "instId", call->market->id);
  bourse_put(call, "ordId", call->request->order_id);
  if (call->request->order_id == NULL) bourse_put(call, "clOrdId", call->request->client_order_id);
  return BOURSE_OK;
}

static void put_algo_id(bourse_call *call, const char *id, const char *client_id) {
  size_t prefix = sizeof OKX_ALGO_PREFIX - 1;
  bourse_put(call, "algoId", id != NULL && strncmp(id, OKX_ALGO_PREFIX, prefix) == 0 ? id + prefix : id);
  if (id == NULL) bourse_put(call, "algoClOrdId", client_id);
}

BUILD(algo_id) {
  if (call->market != NULL) bourse_put(call, "instId", call->market->id);
  put_algo_id(call, call->request->order_id, call->request->client_order_id);
  return BOURSE_OK;
}

BUILD(list_id) {
  if (call->request->id == NULL && call->request->client_order_id == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "id", "the id of the list is needed, or its client order id");
  put_algo_id(call, call->request->id, call->request->client_order_id);
  return BOURSE_OK;
}

BUILD(open_orders) {
  if (call->market != NULL) bourse_put(call, "instId", call->market->id);
  bourse__okx_put_page(call);
  return BOURSE_OK;
}

BUILD(open_algos) {
  bourse_put(call, "ordType", bourse__okx_strategy(call));
  if (call->market != NULL) bourse_put(call, "instId", call->market->id);
  bourse__okx_put_page(call);
  return BOURSE_OK;
}

static void put_time_range(bourse_call *call) {
  bourse_put_ms(call, "begin", call->request->since_ns);
  bourse_put_ms(call, "end", call->request->until_ns);
}

BUILD(past_orders) {
  bourse_put(call, "instType", bourse__okx_type(call));
  if (call->market != NULL) bourse_put(call, "instId", call->market->id);
  if (call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS) bourse_put(call, "state", "filled");
  if (call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS) bourse_put(call, "state", "canceled");
  put_time_range(call);
  bourse__okx_put_page(call);
  return BOURSE_OK;
}

/* One state at a time. */
BUILD(past_algos) {
  static const char *const states[] = {"effective", "canceled", "order_failed"};
  int64_t at = call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS ? 1
               : call->operation == BOURSE_OP_FETCH_ORDERS        ? (int64_t)bourse__okx_strategy_round(call) - 1
                                                                  : 0;
  bourse_put(call, "instType", bourse__okx_only_type(call));
  bourse_put(call, "ordType", bourse__okx_strategy(call));
  bourse_put(call, "state", states[at >= 0 && at < 3 ? at : 0]);
  if (call->market != NULL) bourse_put(call, "instId", call->market->id);
  bourse__okx_put_page(call);
  return BOURSE_OK;
}

BUILD(fills) {
  const bourse_request *request = call->request;
  bourse_put(call, "instType", bourse__okx_type(call));
  if (call->market != NULL) bourse_put(call, "instId", call->market->id);
  bourse_put(call, "ordId", request->order_id);
  if (request->id != NULL)
    return bourse_unsupported(call, "id", "fills are found by time or by order; pages go on by cursor");
  put_time_range(call);
  bourse__okx_put_page(call);
  return BOURSE_OK;
}

/* --- Orders --- */

static int32_t order_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__okx_order row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bourse__okx_order_table, &row);
  if (code == BOURSE_OK) code = bourse__okx_seen(call, row.order.id);
  if (code != BOURSE_OK || !bourse__okx_is_wanted(call, row.id)) return code;
  const bourse_market *market = bourse__okx_name(call, row.id, &row.order.symbol, &row.order.market_id, &code);
  if (code == BOURSE_OK) code = bourse__okx_finish_order(call->arena, market, &row);
  if (code != BOURSE_OK) return bourse__okx_row_failed(call, decoder, code, "sz");
  int32_t open = call->operation == BOURSE_OP_FETCH_ORDER || call->operation == BOURSE_OP_CANCEL_ALL_ORDERS;
  if (!open && !bourse__okx_is_in_range(call, row.order.created_ns)) return BOURSE_OK;
  if (call->request->margin_mode != 0 && row.order.margin_mode != call->request->margin_mode) return BOURSE_OK;
  bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  *order = row.order;
  return BOURSE_OK;
}

static int32_t read_algo(bourse_call *call, bourse_decoder *decoder, bourse__okx_algo *row, int32_t *wanted) {
  memset(row, 0, sizeof *row);
  *wanted = 0;
  int32_t code = bourse_decode_object(decoder, &bourse__okx_algo_table, row);
  if (code != BOURSE_OK) return code;
  const char *number = bourse_arena_copy(call->arena, row->number.data, row->number.length);
  if (number == NULL) return bourse_fail_memory(call);
  code = bourse__okx_seen(call, number);
  if (code != BOURSE_OK || !bourse__okx_is_wanted(call, row->id)) return code;
  const bourse_market *market = bourse__okx_name(call, row->id, &row->order.symbol, &row->order.market_id, &code);
  if (code == BOURSE_OK) code = bourse__okx_finish_algo(call->arena, market, row);
  if (code != BOURSE_OK) return bourse__okx_row_failed(call, decoder, code, "sz");
  *wanted = 1;
  return BOURSE_OK;
}

static int32_t algo_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__okx_algo row;
  int32_t wanted, code = read_algo(call, decoder, &row, &wanted);
  if (code != BOURSE_OK || !wanted) return code;
  int32_t one = call->operation == BOURSE_OP_FETCH_ORDER || call->operation == BOURSE_OP_CANCEL_ALL_ORDERS;
  if (!one && !bourse__okx_is_in_range(call, row.order.created_ns)) return BOURSE_OK;
  bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  *order = row.order;
  return BOURSE_OK;
}

/* The order of an id, or a list. */
static int32_t read_orders(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  if (call->operation != BOURSE_OP_FETCH_ORDER) return bourse__okx_list(call, reply, row);
  int32_t code = bourse__okx_rows(call, reply, row);
  if (code != BOURSE_OK || bourse_appended(call) > 0) return code;
  return bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND, NULL, "OKX knows no such order");
}

PARSE(orders) { return read_orders(call, reply, order_row_read); }
PARSE(algos) { return read_orders(call, reply, algo_row_read); }

static int32_t append_side(bourse_call *call, const bourse__okx_algo *row, const bourse_decimal *price,
                           int32_t is_stop) {
  const bourse_decimal none = {0, 0, 0, 0};
  bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  *order = row->order;
  order->price = bourse_decimal_sign(price) > 0 ? *price : none; /* -1 is the market */
  order->type = PRESENT(order->price) ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  *(is_stop ? &order->take_profit_price : &order->stop_loss_price) = none;
  return BOURSE_OK;
}

/* A pair is told as one order: its two sides are made of it. */
static int32_t pair_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__okx_algo row;
  int32_t wanted, code = read_algo(call, decoder, &row, &wanted);
  if (code != BOURSE_OK || !wanted) return code;
  code = append_side(call, &row, &row.stop_price, 1);
  return code == BOURSE_OK ? append_side(call, &row, &row.gain_price, 0) : code;
}

PARSE(algo_list) {
  int32_t code = bourse__okx_rows(call, reply, pair_row_read);
  if (code != BOURSE_OK || bourse_appended(call) > 0) return code;
  return bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND, "id", "OKX knows no such list of orders");
}

/* --- Fills --- */

typedef struct fill_row {
  bourse_fill fill;
  bourse_slice id;
  bourse_decimal size;
  const char *bill_id;
  int64_t time_ns;
} fill_row;

static const bourse_field fill_fields[] = {
    BOURSE_FIELD("billId", ID, fill_row, bill_id),
    BOURSE_FIELD("clOrdId", STRING, fill_row, fill.client_order_id),
    BOURSE_FIELD_ENUM("execType", fill_row, fill.role, bourse__okx_roles),
    BOURSE_FIELD("fee", DECIMAL, fill_row, fill.fee),
    BOURSE_FIELD("feeCcy", STRING, fill_row, fill.fee_currency),
    BOURSE_FIELD("fillPnl", DECIMAL, fill_row, fill.realized_pnl),
    BOURSE_FIELD_MUST("fillPx", DECIMAL, fill_row, fill.price),
    BOURSE_FIELD_MUST("fillSz", DECIMAL, fill_row, size),
    BOURSE_FIELD_CUSTOM("fillTime", fill_row, time_ns, bourse_decode_time_ms),
    BOURSE_FIELD_FULL("instId", SLICE, fill_row, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("ordId", ID, fill_row, fill.order_id),
    BOURSE_FIELD_ENUM("posSide", fill_row, fill.position_side, bourse__okx_position_sides),
    BOURSE_FIELD_ENUM("side", fill_row, fill.side, bourse__okx_sides),
    BOURSE_FIELD_MUST("tradeId", ID, fill_row, fill.id),
    BOURSE_FIELD_CUSTOM("ts", fill_row, fill.time_ns, bourse_decode_time_ms),
};
static const bourse_table fill_table = BOURSE_TABLE(fill_fields);

static int32_t fill_row_read(bourse_call *call, bourse_decoder *decoder) {
  fill_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &fill_table, &row);
  if (code == BOURSE_OK) code = bourse__okx_seen(call, row.bill_id);
  if (code != BOURSE_OK || !bourse__okx_is_wanted(call, row.id)) return code;
  bourse_fill *fill = &row.fill;
  int32_t product = bourse__okx_product_of(row.id);
  const bourse_market *market = bourse__okx_name(call, row.id, &fill->symbol, &fill->market_id, &code);
  if (code == BOURSE_OK) code = bourse__okx_size(market, product, &row.size, &fill->amount, &fill->contracts);
  if (code != BOURSE_OK) return bourse__okx_row_failed(call, decoder, code, "fillSz");
  bourse__okx_cost(product, market, &fill->amount, &fill->contracts, &fill->price, &fill->cost);
  bourse_decimal_negate(&fill->fee);
  if (row.time_ns != 0) fill->time_ns = row.time_ns;
  if (fill->client_order_id != NULL && fill->client_order_id[0] == '\0') fill->client_order_id = NULL;
  if (fill->fee_currency != NULL && fill->fee_currency[0] == '\0') fill->fee_currency = NULL;
  if (!bourse__okx_is_in_range(call, fill->time_ns)) return BOURSE_OK;
  bourse_fill *record = bourse_append(call, BOURSE_KIND_FILL);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *fill;
  return BOURSE_OK;
}

/* Those of one order may be older than the recent list goes back. */
PARSE(fills) {
  int32_t code = bourse__okx_list(call, reply, fill_row_read);
  if (code != BOURSE_OK || call->operation != BOURSE_OP_FETCH_ORDER_TRADES || bourse_appended(call) > 0) return code;
  return (call->endpoint->variant & OKX_PAST) == 0 ? BOURSE_CONTINUE : BOURSE_OK;
}
