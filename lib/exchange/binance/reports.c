/* exchange/binance/reports.c - what the exchange tells of orders and fills, and asking for it. */
#include <inttypes.h>
#include <string.h>

#include "exchange/binance/binance.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Words --- */

/* Of a list whose orders are only named. */
static const bourse_name list_statuses[] = {
    {"EXECUTING", BOURSE_ORDER_OPEN}, {"REJECT", BOURSE_ORDER_REJECTED}, {"ALL_DONE", BOURSE_ORDER_UNKNOWN}, {NULL, 0}};

static const bourse_name list_kinds[] = {
    {"OCO", BOURSE_LIST_OCO}, {"OTO", BOURSE_LIST_OTO}, {"OPO", BOURSE_LIST_OPO}, {NULL, 0}};

/* call->scratch: 0 and 1 belong to orders.c and, in lists, 0 to the turn of engine and algo orders. */
enum {
  SCRATCH_TURN = 0,
  SCRATCH_INDEX = 2,  /* of the next item of a batch */
  SCRATCH_ROWS = 3,   /* of this reply */
  SCRATCH_NEWEST = 4, /* time among them */
  SCRATCH_SINCE = 5,  /* where the page began */
  SCRATCH_ENGINE = 6, /* first record of this page */
  SCRATCH_ALGO = 7,   /* first record of its second half */
};

/* --- Orders: spot, margin, futures --- */

typedef struct fill_list {
  bourse_fill *items;
  uint32_t count;
} fill_list;

typedef struct order_row {
  bourse_order order;
  bourse_slice original_type;
  bourse_slice time_in_force;
  const char *original_client_id;
  bourse_decimal stop_price;
  bourse_decimal base_cost;      /* COIN-M */
  bourse_decimal trailing_delta; /* hundredths of a percent */
  int64_t transact_ns;
  int64_t list_id;
  int64_t working_ms;
  int32_t is_working;
  int32_t is_isolated;
  int32_t list_kind;
  int32_t list_status;
  int64_t code;
  const char *message;
  const char *list_status_text;
  bourse_slice list_orders;
  bourse_slice list_reports;
  fill_list fills;
} order_row;

typedef struct fill_row {
  bourse_fill fill;
  int32_t is_buyer;
  int32_t is_maker;
  int32_t is_isolated;
  bourse_decimal base_amount; /* COIN-M */
} fill_row;

/* The fills that come with a new order. That it was placed must not be lost for a fill that says too little. */
static const bourse_field order_fill_fields[] = {
    BOURSE_FIELD("price", DECIMAL, bourse_fill, price),
    BOURSE_FIELD("qty", DECIMAL, bourse_fill, amount),
    BOURSE_FIELD("commission", DECIMAL, bourse_fill, fee),
    BOURSE_FIELD("commissionAsset", STRING, bourse_fill, fee_currency),
    BOURSE_FIELD("tradeId", ID, bourse_fill, id),
};
static const bourse_table order_fill_table = BOURSE_TABLE(order_fill_fields);

static int32_t read_order_fills(bourse_decoder *decoder, void *member) {
  fill_list *list = member;
  uint32_t room = bourse_decode_count(decoder);
  list->count = 0;
  list->items = bourse_arena_alloc(decoder->arena, room * sizeof *list->items);
  if (list->items == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "fills", "memory is out");
  int32_t code = bourse_decode_array_begin(decoder, "fills");
  while (code == BOURSE_OK && list->count < room && bourse_decode_array_next(decoder))
    code = bourse_decode_object(decoder, &order_fill_table, &list->items[list->count++]);
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field order_fields[] = {
    BOURSE_FIELD_CUSTOM("symbol", order_row, order.symbol, bourse_decode_market),
    BOURSE_FIELD("orderId", ID, order_row, order.id),
    BOURSE_FIELD("orderListId", INT64, order_row, list_id),
    BOURSE_FIELD("clientOrderId", STRING, order_row, order.client_order_id),
    BOURSE_FIELD("origClientOrderId", STRING, order_row, original_client_id),
    BOURSE_FIELD("transactTime", TIME_MS, order_row, transact_ns),
    BOURSE_FIELD_CUSTOM("price", order_row, order.price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("origQty", order_row, order.amount, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("qty", order_row, order.amount, bourse_decode_nonzero),
    BOURSE_FIELD("executedQty", DECIMAL, order_row, order.filled),
    BOURSE_FIELD_CUSTOM("origQuoteOrderQty", order_row, order.requested_cost, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("quoteOrderQty", order_row, order.requested_cost, bourse_decode_nonzero),
    BOURSE_FIELD("cummulativeQuoteQty", DECIMAL, order_row, order.cost),
    BOURSE_FIELD("cumulativeQuoteQty", DECIMAL, order_row, order.cost),
    BOURSE_FIELD("cumQuote", DECIMAL, order_row, order.cost),
    BOURSE_FIELD("cumBase", DECIMAL, order_row, base_cost),
    BOURSE_FIELD("status", STRING, order_row, order.native_status),
    BOURSE_FIELD("timeInForce", SLICE, order_row, time_in_force),
    BOURSE_FIELD("type", STRING, order_row, order.native_type),
    BOURSE_FIELD("origType", SLICE, order_row, original_type),
    BOURSE_FIELD_ENUM("side", order_row, order.side, bourse__binance_sides),
    BOURSE_FIELD_CUSTOM("stopPrice", order_row, stop_price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("trailingDelta", order_row, trailing_delta, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("icebergQty", order_row, order.iceberg_amount, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("time", order_row, order.created_ns, bourse_decode_time_ms),
    BOURSE_FIELD_CUSTOM("updateTime", order_row, order.updated_ns, bourse_decode_time_ms),
    BOURSE_FIELD_CUSTOM("updatedTime", order_row, order.updated_ns, bourse_decode_time_ms),
    BOURSE_FIELD("isWorking", BOOL, order_row, is_working),
    BOURSE_FIELD("workingTime", INT64, order_row, working_ms),
    BOURSE_FIELD("isIsolated", BOOL, order_row, is_isolated),
    BOURSE_FIELD_ENUM("selfTradePreventionMode", order_row, order.self_trade, bourse__binance_self_trades),
    BOURSE_FIELD("expiryReason", STRING, order_row, order.reason),
    BOURSE_FIELD_CUSTOM("fills", order_row, fills, read_order_fills),
    BOURSE_FIELD_CUSTOM("avgPrice", order_row, order.average, bourse_decode_nonzero),
    BOURSE_FIELD("reduceOnly", BOOL, order_row, order.reduce_only),
    BOURSE_FIELD("closePosition", BOOL, order_row, order.close_position),
    BOURSE_FIELD_ENUM("positionSide", order_row, order.position_side, bourse__binance_position_sides),
    BOURSE_FIELD_ENUM("workingType", order_row, order.trigger_by, bourse__binance_working_types),
    BOURSE_FIELD_CUSTOM("activatePrice", order_row, order.trailing_activation_price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("priceRate", order_row, order.trailing_percent, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("goodTillDate", order_row, order.expire_ns, bourse_decode_time_ms),
    BOURSE_FIELD("code", INT64, order_row, code),
    BOURSE_FIELD("msg", STRING, order_row, message),
    /* lists of orders */
    BOURSE_FIELD_ENUM("contingencyType", order_row, list_kind, list_kinds),
    BOURSE_FIELD("listOrderStatus", STRING, order_row, list_status_text),
    BOURSE_FIELD("listClientOrderId", STRING, order_row, order.list_client_id),
    BOURSE_FIELD("transactionTime", TIME_MS, order_row, transact_ns),
    BOURSE_FIELD("orders", RAW, order_row, list_orders),
    BOURSE_FIELD("orderReports", RAW, order_row, list_reports),
};
static const bourse_table order_table = BOURSE_TABLE(order_fields);

static int32_t is_cancel(const bourse_call *call) {
  return call->operation == BOURSE_OP_CANCEL_ORDER || call->operation == BOURSE_OP_CANCEL_ORDERS ||
         call->operation == BOURSE_OP_CANCEL_ALL_ORDERS || call->operation == BOURSE_OP_CANCEL_ORDER_LIST;
}

/* An order that fills at once takes; the fees of its fills are added up when they are of one currency. */
static void finish_fills(order_row *row) {
  bourse_order *order = &row->order;
  bourse_fill *fills = row->fills.items;
  order->fills = fills;
  order->fill_count = row->fills.count;
  int32_t one_currency = row->fills.count > 0;
  for (uint32_t i = 0; i < row->fills.count; i++) {
    fills[i].order_id = order->id;
    fills[i].client_order_id = order->client_order_id;
    fills[i].symbol = order->symbol;
    fills[i].market_id = order->market_id;
    fills[i].time_ns = row->transact_ns;
    fills[i].side = order->side;
    fills[i].role = BOURSE_TAKER;
    fills[i].margin_mode = order->margin_mode;
    if (PRESENT(fills[i].price) && PRESENT(fills[i].amount))
      bourse_decimal_mul(&fills[i].cost, &fills[i].price, &fills[i].amount);
    if (!one_currency || fills[i].fee_currency == NULL || !PRESENT(fills[i].fee) ||
        strcmp(fills[i].fee_currency, fills[0].fee_currency) != 0)
      one_currency = 0;
  }
  if (!one_currency) return;
  order->fee_currency = fills[0].fee_currency;
  order->fee = fills[0].fee;
  for (uint32_t i = 1; i < row->fills.count; i++) bourse_decimal_add(&order->fee, &order->fee, &fills[i].fee);
}

static void finish_times(const bourse_call *call, order_row *row) {
  bourse_order *order = &row->order;
  if (row->transact_ns > 0) {
    if (order->updated_ns == 0) order->updated_ns = row->transact_ns;
    if (order->created_ns == 0 && !is_cancel(call)) order->created_ns = row->transact_ns;
  }
  int32_t places = call->operation == BOURSE_OP_CREATE_ORDER || call->operation == BOURSE_OP_CREATE_ORDERS ||
                   call->operation == BOURSE_OP_CLOSE_POSITION;
  if (order->created_ns == 0 && places) order->created_ns = order->updated_ns;
  if (row->working_ms > 0) order->working_ns = row->working_ms * BINANCE_MILLISECOND;
}

static void finish_order(bourse_call *call, order_row *row) {
  bourse_order *order = &row->order;
  if (row->original_client_id != NULL && is_cancel(call)) order->client_order_id = row->original_client_id;
  if (row->is_isolated > 0) order->margin_mode = BOURSE_MARGIN_ISOLATED;
  if (row->is_isolated < 0) order->margin_mode = BOURSE_MARGIN_CROSS;
  if (row->is_isolated == 0 && call->product == BOURSE_PRODUCT_SPOT) order->margin_mode = call->margin_mode;
  bourse__binance_finish_status(order, bourse__binance_statuses);
  bourse__binance_finish_type(bourse_is_futures(call), order, row->original_type, row->time_in_force, &row->stop_price);
  bourse__binance_finish_waiting(order, &row->trailing_delta, &row->stop_price,
                                 row->is_working < 0 || row->working_ms < 0);
  order->realization = BOURSE_NATIVE;
  const bourse_market *market =
      order->market_id == NULL ? NULL : bourse_market_by_id(call, call->product, bourse_slice_of(order->market_id));
  bourse__binance_finish_amounts(call->product, market, order, &row->base_cost);
  finish_times(call, row);
  finish_fills(row);
}

/* An item of a batch that was refused; some replies repeat the order along with it. */
static int32_t finish_refusal(bourse_call *call, order_row *row, uint32_t index) {
  bourse_order *order = &row->order;
  order->error = bourse__binance_error_code(bourse_is_futures(call), row->code, bourse_slice_of(row->message));
  order->outcome = order->error == BOURSE_ERROR_FATE_UNKNOWN ? BOURSE_OUTCOME_UNKNOWN : BOURSE_OUTCOME_REJECTED;
  order->error_code = bourse_arena_format(call->arena, "%" PRId64, row->code);
  order->error_message = row->message;
  if (order->error_code == NULL) return bourse_fail_memory(call);
  const bourse_request *request = call->request;
  if (index < request->order_count && call->operation == BOURSE_OP_CREATE_ORDERS && order->client_order_id == NULL)
    order->client_order_id = request->orders[index]->client_order_id;
  if (call->operation != BOURSE_OP_CREATE_ORDERS) {
    if (index < request->order_id_count && order->id == NULL) order->id = request->order_ids[index];
    if (index < request->client_order_id_count && order->client_order_id == NULL)
      order->client_order_id = request->client_order_ids[index];
  }
  const bourse_market *market = index < call->market_count ? call->markets[index] : call->market;
  if (order->market_id == NULL && market != NULL) {
    order->symbol = market->symbol;
    order->market_id = market->id;
  }
  return BOURSE_OK;
}

/* Whether this operation lists this order. */
static int32_t is_listed(const bourse_call *call, const bourse_order *order) {
  int32_t lists = call->operation == BOURSE_OP_FETCH_OPEN_ORDERS || call->operation == BOURSE_OP_FETCH_ORDERS ||
                  call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS ||
                  call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS;
  if (call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS && order->status != BOURSE_ORDER_FILLED) return 0;
  if (call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS && order->status != BOURSE_ORDER_CANCELED) return 0;
  if (lists && call->product == BOURSE_PRODUCT_SPOT && call->request->trigger > 0 && order->conditional <= 0) return 0;
  return 1;
}

/* 1 when a page that begins where the one before ended brings this order again. */
static int32_t is_repeated(bourse_call *call, const bourse_order *order) {
  if (!bourse__binance_picks_orders(call) || order->id == NULL) return 0;
  for (uint32_t i = bourse_appended(call); i-- > 0;) {
    const bourse_order *other = bourse_appended_at(call, i);
    if (other->created_ns == order->created_ns && other->id != NULL && strcmp(other->id, order->id) == 0) return 1;
    if (other->created_ns < order->created_ns) return 0;
  }
  return 0;
}

static int32_t append_order(bourse_call *call, const bourse_order *order) {
  call->scratch[SCRATCH_ROWS]++;
  if (order->created_ns > call->scratch[SCRATCH_NEWEST]) call->scratch[SCRATCH_NEWEST] = order->created_ns;
  if (!is_listed(call, order) || is_repeated(call, order)) return BOURSE_OK;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *order;
  return BOURSE_OK;
}

static int32_t set_list(bourse_call *call, order_row *row) {
  if (row->list_id < 0 || (row->list_id == 0 && row->order.list_client_id == NULL)) return BOURSE_OK;
  row->order.list_id = bourse_arena_format(call->arena, "%" PRId64, row->list_id);
  return row->order.list_id != NULL ? BOURSE_OK : bourse_fail_memory(call);
}

/* The orders of a list: reported in full, or only named. */
static int32_t read_listed(bourse_call *call, const order_row *list, bourse_slice bytes, int32_t reported) {
  bourse_decoder decoder;
  uint32_t first = bourse_appended(call), count;
  bourse_decode_init(&decoder, call->arena, bytes.data, bytes.length, call);
  int32_t code = bourse_decode_array_begin(&decoder, "orders");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    order_row row;
    memset(&row, 0, sizeof row);
    row.transact_ns = list->transact_ns;
    row.list_id = -1;
    code = bourse_decode_object(&decoder, &order_table, &row);
    if (code == BOURSE_OK) code = bourse_decode_need(&decoder, row.order.id != NULL, "orderId");
    if (code != BOURSE_OK) break;
    row.order.list_client_id = list->order.list_client_id;
    row.order.list_id = list->order.list_id;
    if (row.order.list_id == NULL) code = set_list(call, &row);
    if (code != BOURSE_OK) break;
    if (row.is_isolated == 0) row.is_isolated = list->is_isolated;
    finish_order(call, &row);
    if (!reported) {
      row.order.native_status = list->list_status_text;
      bourse__binance_finish_status(&row.order, list_statuses);
    }
    code = append_order(call, &row.order);
  }
  if (code == BOURSE_OK || decoder.error != BOURSE_OK) code = bourse_decode_end(call, &decoder);
  count = bourse_appended(call) - first;
  for (uint32_t i = first; code == BOURSE_OK && i < bourse_appended(call); i++) {
    bourse_order *order = bourse_appended_at(call, i);
    order->list_kind = list->list_kind == BOURSE_LIST_OTO && count > 2   ? BOURSE_LIST_OTOCO
                       : list->list_kind == BOURSE_LIST_OPO && count > 2 ? BOURSE_LIST_OPOCO
                                                                         : list->list_kind;
  }
  return code;
}

/* An order, a list of orders, a refused item, or a mixture that the documentation shows. */
static int32_t order_row_read(bourse_call *call, bourse_decoder *decoder) {
  order_row row;
  uint32_t index = (uint32_t)call->scratch[SCRATCH_INDEX]++;
  memset(&row, 0, sizeof row);
  row.list_id = -1;
  int32_t code = bourse_decode_object(decoder, &order_table, &row);
  int32_t lists_some = row.list_reports.length > 0 || row.list_orders.length > 0;
  if (code == BOURSE_OK)
    code = bourse_decode_need(decoder, row.order.id != NULL || row.code < 0 || lists_some, "orderId");
  if (code == BOURSE_OK) code = set_list(call, &row);
  if (code != BOURSE_OK) return code;
  if (row.code < 0) code = finish_refusal(call, &row, index);
  int32_t bare = row.code < 0 && row.order.native_status == NULL;
  if (code == BOURSE_OK && row.order.id != NULL && !bare) finish_order(call, &row);
  if (code == BOURSE_OK && (row.order.id != NULL || row.code < 0)) code = append_order(call, &row.order);
  int32_t lists = call->operation == BOURSE_OP_FETCH_ORDER_LISTS || call->operation == BOURSE_OP_FETCH_OPEN_ORDER_LISTS;
  if (lists && !bourse_is_wanted(call, row.order.market_id)) return code;
  if (code == BOURSE_OK && row.list_reports.length > 0)
    code = read_listed(call, &row, row.list_reports, 1);
  else if (code == BOURSE_OK && row.list_orders.length > 0)
    code = read_listed(call, &row, row.list_orders, 0);
  return code;
}

/* --- Conditional orders of futures --- */

typedef struct algo_row {
  bourse_order order;
  bourse_slice id;
  bourse_slice time_in_force;
  bourse_decimal trigger_price;
  bourse_decimal actual_amount;
  int64_t code;
  const char *message;
} algo_row;

static int32_t read_id_text(bourse_decoder *decoder, void *member) { return bourse_decode_text(decoder, member); }

static const bourse_field algo_fields[] = {
    BOURSE_FIELD_CUSTOM("algoId", algo_row, id, read_id_text),
    BOURSE_FIELD("clientAlgoId", STRING, algo_row, order.client_order_id),
    BOURSE_FIELD("orderType", STRING, algo_row, order.native_type),
    BOURSE_FIELD("type", STRING, algo_row, order.native_type),
    BOURSE_FIELD_CUSTOM("symbol", algo_row, order.symbol, bourse_decode_market),
    BOURSE_FIELD_ENUM("side", algo_row, order.side, bourse__binance_sides),
    BOURSE_FIELD_ENUM("positionSide", algo_row, order.position_side, bourse__binance_position_sides),
    BOURSE_FIELD("timeInForce", SLICE, algo_row, time_in_force),
    BOURSE_FIELD_CUSTOM("quantity", algo_row, order.amount, bourse_decode_nonzero),
    BOURSE_FIELD("algoStatus", STRING, algo_row, order.native_status),
    BOURSE_FIELD("actualOrderId", ID, algo_row, order.triggered_order_id),
    BOURSE_FIELD_CUSTOM("actualPrice", algo_row, order.average, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("actualQty", algo_row, actual_amount, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("triggerPrice", algo_row, trigger_price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("price", algo_row, order.price, bourse_decode_nonzero),
    BOURSE_FIELD_ENUM("selfTradePreventionMode", algo_row, order.self_trade, bourse__binance_self_trades),
    BOURSE_FIELD_ENUM("workingType", algo_row, order.trigger_by, bourse__binance_working_types),
    BOURSE_FIELD("closePosition", BOOL, algo_row, order.close_position),
    BOURSE_FIELD("reduceOnly", BOOL, algo_row, order.reduce_only),
    BOURSE_FIELD_CUSTOM("activatePrice", algo_row, order.trailing_activation_price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("callbackRate", algo_row, order.trailing_percent, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("createTime", algo_row, order.created_ns, bourse_decode_time_ms),
    BOURSE_FIELD_CUSTOM("updateTime", algo_row, order.updated_ns, bourse_decode_time_ms),
    BOURSE_FIELD_CUSTOM("triggerTime", algo_row, order.working_ns, bourse_decode_time_ms),
    BOURSE_FIELD_CUSTOM("goodTillDate", algo_row, order.expire_ns, bourse_decode_time_ms),
    BOURSE_FIELD("failReason", STRING, algo_row, order.reason),
    BOURSE_FIELD("code", INT64, algo_row, code),
    BOURSE_FIELD("msg", STRING, algo_row, message),
};
static const bourse_table algo_table = BOURSE_TABLE(algo_fields);

static int32_t algo_row_read(bourse_call *call, bourse_decoder *decoder) {
  algo_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &algo_table, &row);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.id.length > 0, "algoId");
  if (code != BOURSE_OK) return code;
  bourse_order *order = &row.order;
  order->id = bourse_arena_format(call->arena, BINANCE_ALGO_PREFIX "%.*s", (int)row.id.length, row.id.data);
  if (order->id == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
  bourse__binance_finish_algo(call->product, order, row.time_in_force, &row.trigger_price, &row.actual_amount);
  /* The answer to a cancel names the order and says "success". */
  if (order->native_status == NULL && is_cancel(call)) order->status = BOURSE_ORDER_CANCELED;
  if (order->market_id == NULL && call->market != NULL) {
    order->symbol = call->market->symbol;
    order->market_id = call->market->id;
  }
  return append_order(call, order);
}

/* --- Several requests in a row --- */

#define HISTORY_DEFAULT 500 /* what allOrders answers without limit */

int32_t bourse__binance_picks_orders(const bourse_call *call) {
  return call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS || call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS;
}

/* Where orders of one status are picked out of all, a full page is followed from its newest order on, whatever was
 * picked. */
static int32_t follow_history(bourse_call *call) {
  if (!bourse__binance_picks_orders(call) || call->since_ns == 0) return BOURSE_OK;
  if (call->scratch[SCRATCH_SINCE] == 0) call->scratch[SCRATCH_SINCE] = call->since_ns;
  if (call->scratch[SCRATCH_ROWS] >= HISTORY_DEFAULT) {
    int64_t newest_ns = call->scratch[SCRATCH_NEWEST];
    call->since_ns = newest_ns > call->since_ns ? newest_ns : call->since_ns + BINANCE_MILLISECOND;
    return BOURSE_CONTINUE;
  }
  call->since_ns = call->scratch[SCRATCH_SINCE];
  call->scratch[SCRATCH_SINCE] = 0;
  return BOURSE_OK;
}

/* Drops the records of [from, to) that lie beyond `bound` in the direction of paging. */
static void drop_beyond(bourse_call *call, uint32_t from, uint32_t to, int64_t bound_ns) {
  uint32_t kept = from, count = bourse_appended(call);
  int32_t forward = call->since_ns != 0;
  for (uint32_t i = from; i < count; i++) {
    const bourse_order *order = bourse_appended_at(call, i);
    if (i < to && (forward ? order->created_ns > bound_ns : order->created_ns < bound_ns)) continue;
    if (kept != i) *(bourse_order *)bourse_appended_at(call, kept) = *order;
    kept++;
  }
  bourse_truncate(call, kept);
}

static int64_t outermost(bourse_call *call, uint32_t from, uint32_t to) {
  int64_t bound_ns = call->since_ns != 0 ? INT64_MIN : INT64_MAX;
  for (uint32_t i = from; i < to; i++) {
    int64_t time_ns = ((const bourse_order *)bourse_appended_at(call, i))->created_ns;
    if (call->since_ns != 0 ? time_ns > bound_ns : time_ns < bound_ns) bound_ns = time_ns;
  }
  return bound_ns;
}

/* A page of two lists reaches as far as the shorter-reaching of them: what the other has beyond comes with the next
 * page. */
static void even_out(bourse_call *call) {
  uint32_t engine = (uint32_t)call->scratch[SCRATCH_ENGINE], algo = (uint32_t)call->scratch[SCRATCH_ALGO];
  uint32_t end = bourse_appended(call);
  if (call->operation != BOURSE_OP_FETCH_ORDERS || call->limit == 0) return;
  int64_t engine_bound = outermost(call, engine, algo), algo_bound = outermost(call, algo, end);
  if (end - algo >= call->limit)
    drop_beyond(call, engine, algo, algo_bound);
  else if (algo - engine >= call->limit)
    drop_beyond(call, algo, end, engine_bound);
}

/* Engine orders first, then conditional ones, for those who asked for both. */
static int32_t next_turn(bourse_call *call) {
  switch (call->operation) {
    case BOURSE_OP_FETCH_ORDERS:
    case BOURSE_OP_FETCH_OPEN_ORDERS:
    case BOURSE_OP_FETCH_CLOSED_ORDERS:
    case BOURSE_OP_FETCH_CANCELED_ORDERS:
    case BOURSE_OP_CANCEL_ALL_ORDERS: break;
    default: return bourse_next_items(call);
  }
  if (!bourse_is_futures(call) || call->request->trigger != 0) return BOURSE_OK;
  if (call->scratch[SCRATCH_TURN] == 0) {
    call->scratch[SCRATCH_TURN] = 1;
    call->scratch[SCRATCH_ALGO] = bourse_appended(call);
    return BOURSE_CONTINUE;
  }
  call->scratch[SCRATCH_TURN] = 0;
  even_out(call);
  return BOURSE_OK;
}

/* A reply that names no order, or fewer than were sent, leaves open what became of them. */
static int32_t check_rows(bourse_call *call) {
  int64_t rows = call->scratch[SCRATCH_ROWS];
  switch (call->operation) {
    case BOURSE_OP_FETCH_ORDERS:
    case BOURSE_OP_FETCH_OPEN_ORDERS:
    case BOURSE_OP_FETCH_CLOSED_ORDERS:
    case BOURSE_OP_FETCH_CANCELED_ORDERS:
    case BOURSE_OP_FETCH_ORDER_LISTS:
    case BOURSE_OP_FETCH_OPEN_ORDER_LISTS:
    case BOURSE_OP_CANCEL_ALL_ORDERS: return BOURSE_OK;
    case BOURSE_OP_CREATE_ORDERS:
    case BOURSE_OP_EDIT_ORDERS:
    case BOURSE_OP_CANCEL_ORDERS:
      if (rows < call->scratch[1])
        return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, NULL, "the reply tells of %d orders, %d were sent", (int)rows,
                           (int)call->scratch[1]);
      break;
    default: break;
  }
  return rows > 0 ? BOURSE_OK : bourse_fail(call, BOURSE_ERROR_BAD_REPLY, NULL, "the reply tells of no order");
}

static int32_t parse_orders(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  call->scratch[SCRATCH_INDEX] = bourse_is_item(call) ? call->scratch[0] : 0;
  call->scratch[SCRATCH_ROWS] = call->scratch[SCRATCH_NEWEST] = 0;
  if (call->scratch[SCRATCH_TURN] == 0) call->scratch[SCRATCH_ENGINE] = bourse_appended(call);
  int32_t code = bourse_read_rows(call, reply, row);
  if (code == BOURSE_OK) code = check_rows(call);
  if (code == BOURSE_OK) code = follow_history(call);
  return code == BOURSE_OK ? next_turn(call) : code;
}

PARSE(order) { return parse_orders(call, reply, order_row_read); }
PARSE(orders) { return parse_orders(call, reply, order_row_read); }
PARSE(algo_order) { return parse_orders(call, reply, algo_row_read); }
PARSE(algo_orders) { return parse_orders(call, reply, algo_row_read); }

/* {"code": 200, "msg": "The operation of cancel all open order is done."}: which ones is not told. */
typedef struct canceled_reply {
  int64_t code;
} canceled_reply;
static const bourse_field canceled_fields[] = {BOURSE_FIELD_MUST("code", INT64, canceled_reply, code)};
static const bourse_table canceled_table = BOURSE_TABLE(canceled_fields);

PARSE(canceled_all) {
  canceled_reply wire = {0};
  int32_t code = bourse_read_object(call, reply, &canceled_table, &wire);
  if (code != BOURSE_OK) return code;
  return wire.code < 0 ? bourse__binance_refused(call, reply) : next_turn(call);
}

/* Nothing was placed. What is answered, if anything, is the order as it would have been; else the record repeats the
 * request. */
PARSE(test_order) {
  order_row row;
  memset(&row, 0, sizeof row);
  row.list_id = -1;
  int32_t code = bourse_read_object(call, reply, &order_table, &row);
  if (code != BOURSE_OK) return code;
  if (row.order.id != NULL) {
    finish_order(call, &row);
  } else if (call->order != NULL) {
    bourse__binance_subject subject = bourse__binance_subject_of(call);
    row.order.client_order_id = subject.order->client_order_id;
    row.order.symbol = subject.market->symbol;
    row.order.market_id = subject.market->id;
    row.order.side = subject.order->side;
    row.order.type = subject.order->type;
    row.order.price = subject.order->price;
    row.order.amount = subject.order->amount;
    row.order.contracts = subject.order->contracts;
    row.order.requested_cost = subject.order->cost;
    row.order.realization = BOURSE_NATIVE;
  }
  code = append_order(call, &row.order);
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

/* An amended order comes with the time of the change and with its list, if it is of one. */
typedef struct edit_reply {
  bourse_slice order;
  int64_t time_ns;
  const char *list_client_id;
} edit_reply;
static const bourse_field replaced_fields[] = {
    BOURSE_FIELD_FULL("newOrderResponse", RAW, edit_reply, order, BOURSE_FIELD_REQUIRED, NULL, NULL)};
static const bourse_table replaced_table = BOURSE_TABLE(replaced_fields);

static const bourse_field list_status_fields[] = {
    BOURSE_FIELD("listClientOrderId", STRING, edit_reply, list_client_id)};
static const bourse_table list_status_table = BOURSE_TABLE(list_status_fields);

static int32_t read_list_status(bourse_decoder *decoder, void *member) {
  edit_reply list;
  memset(&list, 0, sizeof list);
  int32_t code = bourse_decode_object(decoder, &list_status_table, &list);
  if (code == BOURSE_OK) memcpy(member, &list.list_client_id, sizeof list.list_client_id);
  return code;
}

static const bourse_field amended_fields[] = {
    BOURSE_FIELD("transactTime", TIME_MS, edit_reply, time_ns),
    BOURSE_FIELD_FULL("amendedOrder", RAW, edit_reply, order, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_CUSTOM("listStatus", edit_reply, list_client_id, read_list_status),
};
static const bourse_table amended_table = BOURSE_TABLE(amended_fields);

static int32_t parse_inner_order(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table) {
  edit_reply wire;
  memset(&wire, 0, sizeof wire);
  int32_t code = bourse_read_object(call, reply, table, &wire);
  if (code != BOURSE_OK) return code;
  bourse_http_reply inner = *reply;
  inner.body = wire.order.data;
  inner.body_length = wire.order.length;
  code = parse_orders(call, &inner, order_row_read);
  if (code != BOURSE_OK) return code;
  bourse_order *order = bourse_appended_at(call, bourse_appended(call) - 1);
  if (order->updated_ns == 0) order->updated_ns = wire.time_ns;
  if (order->list_client_id == NULL) order->list_client_id = wire.list_client_id;
  return BOURSE_OK;
}

PARSE(edited_spot_order) { return parse_inner_order(call, reply, &replaced_table); }
PARSE(amended_spot_order) { return parse_inner_order(call, reply, &amended_table); }

/* --- Dead man's switch --- */

typedef struct countdown_reply {
  int64_t countdown_ms;
} countdown_reply;
static const bourse_field countdown_fields[] = {
    BOURSE_FIELD_MUST("countdownTime", INT64, countdown_reply, countdown_ms)};
static const bourse_table countdown_table = BOURSE_TABLE(countdown_fields);

PARSE(countdown) {
  countdown_reply wire = {0};
  int32_t code = bourse_read_object(call, reply, &countdown_table, &wire);
  if (code != BOURSE_OK) return code;
  bourse_receipt *receipt = bourse_append(call, BOURSE_KIND_RECEIPT);
  if (receipt == NULL) return BOURSE_ERROR_MEMORY;
  receipt->time_ns = call->now_ns;
  receipt->realization = BOURSE_NATIVE;
  if (wire.countdown_ms > 0 && wire.countdown_ms < INT64_MAX / (2 * BINANCE_MILLISECOND))
    receipt->due_ns = call->now_ns + wire.countdown_ms * BINANCE_MILLISECOND;
  return BOURSE_OK;
}

/* --- Asking for orders --- */

/* All open orders together weigh more than those of one market. */
BUILD(open_orders) {
  if (call->market != NULL || bourse_call_for(call) == BOURSE_FOR_ISOLATED) return bourse__binance_put_symbol(call);
  if (bourse_call_for(call) != BOURSE_FOR_CROSS) bourse_set_weight(call, bourse_is_futures(call) ? 40 : 80);
  return BOURSE_OK;
}

/* Those of one status are picked out of all, so there the limit is not the exchange's. */
BUILD(orders) {
  int32_t code = bourse__binance_put_symbol(call);
  if (code != BOURSE_OK) return code;
  bourse_put_ms(call, "startTime", call->since_ns);
  bourse_put_ms(call, "endTime", call->until_ns);
  if (!bourse__binance_picks_orders(call)) bourse_put_uint(call, "limit", call->limit);
  return BOURSE_OK;
}

/* --- Fills --- */

static const bourse_field fill_fields[] = {
    BINANCE_MARKET(fill_row, fill.symbol),
    BOURSE_FIELD("id", ID, fill_row, fill.id),
    BOURSE_FIELD("allocationId", ID, fill_row, fill.id),
    BOURSE_FIELD("orderId", ID, fill_row, fill.order_id),
    BOURSE_FIELD_ENUM("side", fill_row, fill.side, bourse__binance_sides),
    BOURSE_FIELD_MUST("price", DECIMAL, fill_row, fill.price),
    BOURSE_FIELD_MUST("qty", DECIMAL, fill_row, fill.amount),
    BOURSE_FIELD("realizedPnl", DECIMAL, fill_row, fill.realized_pnl),
    BOURSE_FIELD("quoteQty", DECIMAL, fill_row, fill.cost),
    BOURSE_FIELD("baseQty", DECIMAL, fill_row, base_amount),
    BOURSE_FIELD("commission", DECIMAL, fill_row, fill.fee),
    BOURSE_FIELD("commissionAsset", STRING, fill_row, fill.fee_currency),
    BOURSE_FIELD("time", TIME_MS, fill_row, fill.time_ns),
    BOURSE_FIELD_ENUM("positionSide", fill_row, fill.position_side, bourse__binance_position_sides),
    BOURSE_FIELD("buyer", BOOL, fill_row, is_buyer),
    BOURSE_FIELD("maker", BOOL, fill_row, is_maker),
    BOURSE_FIELD("isBuyer", BOOL, fill_row, is_buyer),
    BOURSE_FIELD("isMaker", BOOL, fill_row, is_maker),
    BOURSE_FIELD("isIsolated", BOOL, fill_row, is_isolated),
};
static const bourse_table fill_table = BOURSE_TABLE(fill_fields);

BUILD(fills) {
  const bourse_request *request = call->request;
  int32_t code = bourse__binance_put_symbol(call);
  if (code != BOURSE_OK) return code;
  if (request->id != NULL && (call->since_ns != 0 || call->until_ns != 0))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "id", "fills are found from an id on or by time, not by both");
  if (request->order_id != NULL && bourse__binance_names_algo(call, request->order_id))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "order_id",
                       "\"%s\" is a conditional order; its fills are those of triggered_order_id", request->order_id);
  if (request->order_id != NULL && call->product == BOURSE_PRODUCT_SPOT && call->margin_mode == 0)
    bourse_set_weight(call, 5);
  bourse_put(call, "orderId", request->order_id);
  bourse_put(call, "fromId", request->id);
  bourse_put_range(call, "startTime", "endTime", "limit");
  return BOURSE_OK;
}

static int32_t fill_row_read(bourse_call *call, bourse_decoder *decoder) {
  fill_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &fill_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_fill *fill = bourse_append(call, BOURSE_KIND_FILL);
  if (fill == NULL) return BOURSE_ERROR_MEMORY;
  *fill = row.fill;
  if (fill->side == 0 && row.is_buyer != 0) fill->side = row.is_buyer > 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
  fill->role = row.is_maker > 0 ? BOURSE_MAKER : row.is_maker < 0 ? BOURSE_TAKER : 0;
  fill->margin_mode = row.is_isolated > 0   ? BOURSE_MARGIN_ISOLATED
                      : row.is_isolated < 0 ? BOURSE_MARGIN_CROSS
                                            : call->margin_mode;
  if (bourse_is_futures(call)) fill->contracts = row.fill.amount;
  if (call->product == BOURSE_PRODUCT_INVERSE) {
    fill->amount = row.base_amount;
    memset(&fill->cost, 0, sizeof fill->cost);
    if (call->market != NULL) bourse_decimal_mul(&fill->cost, &fill->contracts, &call->market->contract_size);
  } else if (!PRESENT(fill->cost) && PRESENT(fill->price) && PRESENT(fill->amount)) {
    bourse_decimal_mul(&fill->cost, &fill->price, &fill->amount);
  }
  return BOURSE_OK;
}

PARSE(fills) { return bourse_read_rows(call, reply, fill_row_read); }

/* --- Edits --- */

typedef struct change {
  bourse_decimal after;
} change;
static const bourse_field change_fields[] = {BOURSE_FIELD("after", DECIMAL, change, after)};
static const bourse_table change_table = BOURSE_TABLE(change_fields);

typedef struct changes {
  change price;
  change amount;
} changes;
static const bourse_field changes_fields[] = {
    BOURSE_FIELD_OBJECT("price", changes, price, &change_table),
    BOURSE_FIELD_OBJECT("origQty", changes, amount, &change_table),
};
static const bourse_table changes_table = BOURSE_TABLE(changes_fields);

typedef struct amendment_row {
  bourse_order order;
  changes after;
} amendment_row;

static const bourse_field amendment_fields[] = {
    BINANCE_MARKET(amendment_row, order.symbol),
    BOURSE_FIELD_MUST("orderId", ID, amendment_row, order.id),
    BOURSE_FIELD("clientOrderId", STRING, amendment_row, order.client_order_id),
    BOURSE_FIELD("newClientOrderId", STRING, amendment_row, order.client_order_id),
    BOURSE_FIELD("newQty", DECIMAL, amendment_row, order.amount),
    BOURSE_FIELD_OBJECT("amendment", amendment_row, after, &changes_table),
    BOURSE_FIELD("time", TIME_MS, amendment_row, order.updated_ns),
};
static const bourse_table amendment_table = BOURSE_TABLE(amendment_fields);

BUILD(order_edits) {
  const bourse_request *request = call->request;
  int32_t futures = bourse_is_futures(call);
  int32_t code = bourse__binance_put_symbol(call);
  if (code != BOURSE_OK) return code;
  if (!futures && (call->since_ns != 0 || call->until_ns != 0))
    return bourse_unsupported(call, call->since_ns != 0 ? "since_ns" : "until_ns",
                              "edits on spot are not found by time");
  if (!futures && request->order_id == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "order_id", "Binance wants order_id here");
  bourse_put(call, "orderId", request->order_id);
  bourse_put(call, "origClientOrderId", request->client_order_id);
  bourse_put_range(call, "startTime", "endTime", "limit");
  return BOURSE_OK;
}

static int32_t amendment_row_read(bourse_call *call, bourse_decoder *decoder) {
  amendment_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &amendment_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  *order = row.order;
  order->realization = BOURSE_NATIVE;
  if (!bourse_is_futures(call)) return BOURSE_OK;
  order->price = row.after.price.after;
  order->contracts = row.after.amount.after;
  if (call->product == BOURSE_PRODUCT_LINEAR) order->amount = order->contracts;
  return BOURSE_OK;
}

PARSE(order_edits) { return bourse_read_rows(call, reply, amendment_row_read); }

/* --- Liquidations --- */

BUILD(liquidations) {
  if (call->market != NULL) {
    bourse_put(call, "symbol", call->market->id);
    bourse_set_weight(call, 20);
  }
  bourse_put(call, "autoCloseType", "LIQUIDATION");
  bourse_put_range(call, "startTime", "endTime", "limit");
  return BOURSE_OK;
}

BUILD(margin_liquidations) {
  if (call->market != NULL) bourse_put(call, "isolatedSymbol", call->market->id);
  return bourse__binance_put_page(call);
}

PARSE(liquidations) { return bourse_read_rows(call, reply, order_row_read); }
/* Their "qty" is the amount, as in amended orders. */
PARSE(margin_liquidations) { return bourse__binance_pages(call, reply, order_row_read); }
