/* exchange/kucoin/futures_orders.c - which endpoint serves an operation of futures; placing and canceling orders. An order is
 * changed by canceling it and making another. */
#include <string.h>

#include "exchange/kucoin/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Routing --- */

static const bourse_alias aliases[] = {
    {BOURSE_OP_FETCH_LAST_PRICES, BOURSE_OP_FETCH_TICKERS},
    {BOURSE_OP_FETCH_FUNDING_RATES, BOURSE_OP_FETCH_TICKERS},
    {BOURSE_OP_FETCH_FUNDING_INTERVALS, BOURSE_OP_FETCH_TICKERS},
    {BOURSE_OP_FETCH_BALANCE, BOURSE_OP_FETCH_BALANCES},
    {BOURSE_OP_FETCH_POSITION, BOURSE_OP_FETCH_POSITIONS},
    {BOURSE_OP_FETCH_TRADING_FEE, BOURSE_OP_FETCH_TRADING_FEES},
    {BOURSE_OP_FETCH_ORDER_TRADES, BOURSE_OP_FETCH_MY_TRADES},
    {BOURSE_OP_FETCH_DEPOSIT_ADDRESSES, BOURSE_OP_FETCH_DEPOSIT_ADDRESS},
};

static uint32_t book_variant(const bourse_call *call) {
  uint32_t limit = call->request->limit;
  return limit == 0 || limit > 100 ? KUCOIN_USUAL : limit <= 20 ? KUCOIN_TOP : KUCOIN_PART;
}

static uint32_t order_variant(const bourse_order_request *order) {
  return order->test > 0 ? KUCOIN_TEST : bourse_order_has_attached(order) ? KUCOIN_ATTACHED : KUCOIN_USUAL;
}

/* Batches hold what has nothing attached. */
static int32_t go_together(const bourse_call *call, uint32_t a, uint32_t b) {
  return order_variant(call->request->orders[a]) == KUCOIN_USUAL &&
         order_variant(call->request->orders[b]) == KUCOIN_USUAL;
}

/* Open orders, those that are done, and conditional ones. */
static uint32_t list_variant(bourse_call *call) {
  int64_t *stage = &call->scratch[SCRATCH_STAGE];
  int32_t past = call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS || call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS;
  if (*stage == 0) *stage = call->request->trigger > 0 ? KUCOIN_ASK_STOPS : past ? KUCOIN_ASK_DONE : KUCOIN_ASK_ORDERS;
  return *stage == KUCOIN_ASK_STOPS ? KUCOIN_STOP : *stage == KUCOIN_ASK_DONE ? KUCOIN_DONE : KUCOIN_USUAL;
}

static void choose(bourse_call *call, int32_t *operation, uint32_t *variant) {
  const bourse_request *request = call->request;
  switch (call->operation) {
    case BOURSE_OP_FETCH_ORDER_BOOK: *variant = book_variant(call); break;
    case BOURSE_OP_FETCH_MARK_PRICES:
      if (request->symbol == NULL) *operation = BOURSE_OP_FETCH_TICKERS;
      break;
    case BOURSE_OP_FETCH_FUNDING_INTERVALS:
      if (bourse__kucoin_futures_only(call) != NULL) *operation = BOURSE_OP_FETCH_FUNDING_RATE;
      break;
    case BOURSE_OP_FETCH_CANDLES:
      if (request->price_kind != 0 && request->price_kind != BOURSE_PRICE_LAST) *variant = KUCOIN_PRICES;
      break;
    case BOURSE_OP_FETCH_POSITION: *variant = KUCOIN_ONE; break;
    case BOURSE_OP_CREATE_ORDER: *variant = order_variant(call->order); break;
    case BOURSE_OP_CREATE_ORDERS:
      if (bourse_plan_items(call, 20, go_together) > 1 ||
          order_variant(request->orders[call->scratch[0]]) == KUCOIN_USUAL)
        break;
      *operation = BOURSE_OP_CREATE_ORDER;
      *variant = order_variant(request->orders[call->scratch[0]]);
      break;
    case BOURSE_OP_CANCEL_ORDER:
    case BOURSE_OP_FETCH_ORDER: *variant = request->order_id != NULL ? KUCOIN_USUAL : KUCOIN_CLIENT; break;
    case BOURSE_OP_CANCEL_ORDERS: bourse_plan_items(call, 10, NULL); break;
    case BOURSE_OP_CANCEL_ALL_ORDERS:
      if (call->scratch[SCRATCH_STAGE] == KUCOIN_ASK_STOPS || request->trigger > 0)
        *variant = KUCOIN_STOP;
      else
        *variant = call->market != NULL ? KUCOIN_USUAL : KUCOIN_EVERY;
      break;
    case BOURSE_OP_FETCH_ORDERS:
    case BOURSE_OP_FETCH_OPEN_ORDERS:
    case BOURSE_OP_FETCH_CLOSED_ORDERS:
    case BOURSE_OP_FETCH_CANCELED_ORDERS:
      *operation = BOURSE_OP_FETCH_OPEN_ORDERS;
      *variant = list_variant(call);
      break;
    case BOURSE_OP_FETCH_STREAM_TOKEN:
      if (request->is_public > 0 || call->signer == NULL) *variant = KUCOIN_OPEN;
      break;
    default: break;
  }
}

const bourse_endpoint *bourse__kucoin_futures_route(bourse_call *call) {
  int32_t operation = bourse_alias_of(BOURSE_ROWS(aliases), call->operation);
  uint32_t variant = KUCOIN_USUAL;
  choose(call, &operation, &variant);
  const bourse_endpoint *endpoint = NULL;
  /* Over a socket an order has no time of validity, which the journal counts on. */
  if (call->order_transport == BOURSE_TRANSPORT_SOCKET && call->bounded <= 0)
    endpoint = bourse_find_endpoint(call->adapter, operation, BOURSE_FOR_FUTURES, variant | KUCOIN_OVER_SOCKET);
  return endpoint != NULL ? endpoint : bourse_find_endpoint(call->adapter, operation, BOURSE_FOR_FUTURES, variant);
}

/* --- What an order may have --- */

const bourse_name bourse__kucoin_position_sides[] = {
    {"BOTH", BOURSE_POSITION_BOTH}, {"LONG", BOURSE_POSITION_LONG}, {"SHORT", BOURSE_POSITION_SHORT}, {NULL, 0}};

const bourse_name bourse__kucoin_margin_modes[] = {
    {"CROSS", BOURSE_MARGIN_CROSS}, {"ISOLATED", BOURSE_MARGIN_ISOLATED}, {NULL, 0}};

const bourse_name bourse__kucoin_trigger_prices[] = {
    {"TP", BOURSE_PRICE_LAST}, {"MP", BOURSE_PRICE_MARK}, {"IP", BOURSE_PRICE_INDEX}, {NULL, 0}};

static int32_t check_order(bourse_call *call, const bourse_market *market, const bourse_order_request *order) {
  const char *field = NULL, *why = NULL;
  int32_t attached = bourse_order_has_attached(order), conditional = bourse_order_is_conditional(order);
  if (PRESENT(order->trailing_percent)) field = "trailing_percent", why = "there are no trailing orders";
  if (PRESENT(order->trailing_amount)) field = "trailing_amount", why = "there are no trailing orders";
  if (order->borrow != 0) field = "borrow", why = "futures do not borrow";
  if (order->time_in_force == BOURSE_FILL_OR_KILL || order->time_in_force == BOURSE_GOOD_TILL_DATE)
    field = "time_in_force", why = "futures have good till canceled and immediate or cancel";
  if (order->trigger_by == BOURSE_PRICE_PREMIUM)
    field = "trigger_by", why = "orders trigger on last, mark or index price";
  if (order->self_trade > BOURSE_SELF_TRADE_CANCEL_BOTH)
    field = "self_trade", why = "futures cancel the maker, the taker or both";
  if (PRESENT(order->attached_stop_loss_price) || PRESENT(order->attached_take_profit_price))
    field = "attached_stop_loss_price", why = "what is attached becomes a market order";
  if (attached && conditional) field = "attached_stop_loss_trigger", why = "a conditional order brings no others along";
  if (order->test > 0 && (attached || call->operation == BOURSE_OP_CREATE_ORDERS))
    field = "test", why = "only single orders with nothing attached can be tested";
  if (PRESENT(order->cost) && market->product == BOURSE_PRODUCT_INVERSE)
    field = "cost", why = "orders of inverse markets take contracts";
  if (field != NULL) return bourse_unsupported(call, field, why);
  if (order->type == BOURSE_ORDER_MARKET && order->time_in_force == BOURSE_GOOD_TILL_CANCELED)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "time_in_force", "a market order takes no time_in_force");
  return BOURSE_OK;
}

/* --- Parameters of an order --- */

static int32_t put_size(bourse_call *call, const bourse_market *market, const bourse_order_request *order) {
  bourse_decimal contracts, visible;
  if (order->close_position > 0) {
    bourse__kucoin_put_true(call, "closeOrder");
    return BOURSE_OK;
  }
  if (PRESENT(order->cost)) {
    bourse_put_decimal(call, "valueQty", &order->cost);
    return BOURSE_OK;
  }
  int32_t code = bourse_order_contracts(call, market, order, &contracts);
  if (code == BOURSE_OK) code = bourse_to_contracts(call, market, "iceberg_amount", &order->iceberg_amount, &visible);
  if (code != BOURSE_OK) return code;
  bourse__kucoin_put_number(call, "size", &contracts);
  if (!PRESENT(visible)) return BOURSE_OK;
  bourse__kucoin_put_true(call, "iceberg");
  bourse_put_decimal(call, "visibleSize", &visible);
  return BOURSE_OK;
}

/* In hedge mode an order of the other side than its position closes it. A stop loss and a take profit close a position too:
 * they only reduce it, unless reduce_only says no. */
static int32_t only_reduces(const bourse_order_request *order) {
  int32_t closes = PRESENT(order->stop_loss_price) || PRESENT(order->take_profit_price);
  if ((order->position_side == BOURSE_POSITION_LONG && order->side == BOURSE_SIDE_SELL) ||
      (order->position_side == BOURSE_POSITION_SHORT && order->side == BOURSE_SIDE_BUY))
    closes = 1;
  return order->reduce_only > 0 || (closes && order->reduce_only == BOURSE_UNSET);
}

static const char *trigger_price_of(const bourse_order_request *order) {
  return bourse_name_text(bourse__kucoin_trigger_prices,
                          order->trigger_by != 0 ? order->trigger_by : BOURSE_PRICE_MARK);
}

/* up fires when the price has risen to the trigger, down when it has fallen to it. */
static void put_triggers(bourse_call *call, const bourse_order_request *order) {
  int32_t sells = order->side == BOURSE_SIDE_SELL;
  if (bourse_order_is_conditional(order)) {
    bourse_put(call, "stop", bourse_order_takes_profit(order) == sells ? "up" : "down");
    bourse_put_decimal(call, "stopPrice", bourse_order_trigger(order));
    bourse_put(call, "stopPriceType", trigger_price_of(order));
  }
  if (!bourse_order_has_attached(order)) return;
  bourse_put_decimal(call, sells ? "triggerStopUpPrice" : "triggerStopDownPrice", &order->attached_stop_loss_trigger);
  bourse_put_decimal(call, sells ? "triggerStopDownPrice" : "triggerStopUpPrice", &order->attached_take_profit_trigger);
  bourse_put(call, "stopPriceType", trigger_price_of(order));
}

static int32_t put_order(bourse_call *call, const bourse__kucoin_subject *subject) {
  const bourse_order_request *order = subject->order;
  int32_t code = check_order(call, subject->market, order);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "clientOid", order->client_order_id);
  bourse_put(call, "side", bourse_name_text(bourse__kucoin_sides, order->side));
  bourse_put(call, "symbol", subject->market->id);
  bourse_put(call, "type", order->type == BOURSE_ORDER_LIMIT ? "limit" : "market");
  bourse__kucoin_put_number(call, "leverage", &order->leverage);
  code = put_size(call, subject->market, order);
  bourse_put_decimal(call, "price", &order->price);
  if (order->type == BOURSE_ORDER_LIMIT)
    bourse_put(call, "timeInForce", bourse_name_text(bourse__kucoin_times_in_force, order->time_in_force));
  if (order->post_only > 0) bourse__kucoin_put_true(call, "postOnly");
  put_triggers(call, order);
  if (only_reduces(order)) bourse__kucoin_put_true(call, "reduceOnly");
  bourse_put(call, "positionSide", bourse_name_text(bourse__kucoin_position_sides, order->position_side));
  bourse_put(call, "marginMode", bourse_name_text(bourse__kucoin_margin_modes, subject->margin_mode));
  bourse_put(call, "stp", bourse_name_text(bourse__kucoin_self_trades, order->self_trade));
  return code;
}

FUTURES_BUILD(order) {
  bourse__kucoin_subject subject = bourse__kucoin_subject_of(call);
  return put_order(call, &subject);
}

/* A bare list. */
FUTURES_BUILD(batch_orders) { return bourse__kucoin_put_batch(call, KUCOIN_WHOLE_BODY, put_order); }

/* --- Canceling --- */

FUTURES_BUILD(cancel) {
  const bourse_request *request = call->request;
  int32_t message = (call->endpoint->flags & BOURSE_ENDPOINT_SOCKET) != 0;
  if (message) bourse_put(call, "orderId", request->order_id);
  if (request->order_id != NULL) return message ? BOURSE_OK : bourse_set_path(call, request->order_id, NULL, NULL);
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  if (message) {
    bourse_put(call, "clientOid", request->client_order_id);
    return BOURSE_OK;
  }
  return bourse_set_path(call, request->client_order_id, NULL, NULL);
}

/* The one DELETE with a body. */
FUTURES_BUILD(batch_cancel) {
  bourse_text text;
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1];
  int32_t by_id = call->request->order_id_count > 0;
  if (!by_id && bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, by_id ? "{\"orderIdsList\":[" : "{\"clientOidsList\":[");
  for (uint32_t i = first; i < first + count; i++) {
    const char *id = by_id ? bourse_item_id(call, i) : bourse_item_client_id(call, i);
    if (i > first) bourse_text_char(&text, ',');
    if (!by_id) {
      bourse_text_string(&text, "{\"symbol\":");
      bourse_text_json(&text, call->market->id, strlen(call->market->id));
      bourse_text_string(&text, ",\"clientOid\":");
    }
    bourse_text_json(&text, id, strlen(id));
    if (!by_id) bourse_text_char(&text, '}');
  }
  bourse_text_string(&text, "]}");
  return bourse_put_text(call, KUCOIN_WHOLE_BODY, &text);
}

FUTURES_BUILD(cancel_all) {
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  return BOURSE_OK;
}

FUTURES_BUILD(close_position) {
  const bourse_request *request = call->request;
  bourse_put(call, "symbol", call->market->id);
  bourse__kucoin_put_true(call, "closeOrder");
  bourse_put(call, "clientOid", request->client_order_id);
  bourse_put(call, "type", "market");
  bourse_put(call, "positionSide", bourse_name_text(bourse__kucoin_position_sides, request->position_side));
  bourse_put(call, "marginMode", bourse_name_text(bourse__kucoin_margin_modes, request->margin_mode));
  return BOURSE_OK;
}

/* --- Answers: ids --- */

typedef struct id_row {
  const char *id;
  const char *client_id;
  const char *message;
  bourse_slice code;
  const char *const *canceled;
  uint32_t canceled_count;
  uint32_t reserved;
} id_row;

static int32_t read_canceled(bourse_decoder *decoder, void *member) {
  id_row *row = member;
  return bourse_decode_strings(decoder, &row->canceled, &row->canceled_count);
}

static const bourse_field id_fields[] = {
    BOURSE_FIELD("orderId", ID, id_row, id),      BOURSE_FIELD("clientOid", ID, id_row, client_id),
    BOURSE_FIELD("symbol", CHECK, id_row, id),    BOURSE_FIELD("code", SLICE, id_row, code),
    BOURSE_FIELD("msg", STRING, id_row, message), BOURSE_FIELD_CUSTOM("cancelledOrderIds", id_row, id, read_canceled),
};
static const bourse_table id_table = BOURSE_TABLE(id_fields);
_Static_assert(offsetof(id_row, id) == 0, "ids are read through the address of the row");

FUTURES_PARSE(order) {
  id_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_object(call, reply, &id_table, &row);
  if (code != BOURSE_OK) return code == BOURSE_DONE ? BOURSE_OK : code;
  bourse__kucoin_subject subject = bourse__kucoin_subject_of(call);
  if (row.id == NULL && subject.order->test <= 0) return bourse_no_order_id(call, "orderId");
  bourse_order *record = bourse__kucoin_append_placed(call, &subject, row.id, row.client_id);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  if (record->conditional > 0) record->status = BOURSE_ORDER_UNTRIGGERED;
  return bourse_next_items(call);
}

static int32_t is_well(bourse_slice code) {
  return code.data == NULL || bourse_slice_is(code, "200000") || bourse_slice_is(code, "200");
}

/* One answer for each item, in their order: orders placed, or canceled. */
int32_t bourse__kucoin_batch_row(bourse_call *call, bourse_decoder *decoder) {
  id_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &id_table, &row);
  uint32_t index = (uint32_t)(call->scratch[0] + call->scratch[SCRATCH_ROWS]);
  if (code != BOURSE_OK) return code;
  if (call->scratch[SCRATCH_ROWS]++ >= call->scratch[1])
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "data", "more answers than orders");
  if (!is_well(row.code)) {
    bourse_slice text = bourse_slice_of(row.message);
    int32_t error = bourse__kucoin_error_code(row.code, text);
    return bourse_item_failed(call, index, error, bourse_refusal_outcome(error), row.code, text);
  }
  if (call->operation == BOURSE_OP_CANCEL_ORDERS)
    return bourse__kucoin_append_canceled(call, row.id != NULL ? row.id : bourse_item_id(call, index),
                                          row.client_id != NULL ? row.client_id : bourse_item_client_id(call, index)) ==
                   NULL
               ? BOURSE_ERROR_MEMORY
               : BOURSE_OK;
  if (row.id == NULL) return bourse_no_order_id(call, "orderId");
  const bourse_order_request *order = call->request->orders[index];
  bourse__kucoin_subject subject = {order, call->markets[index], order->margin_mode};
  bourse_order *record = bourse__kucoin_append_placed(call, &subject, row.id, row.client_id);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  if (record->conditional > 0) record->status = BOURSE_ORDER_UNTRIGGERED;
  return BOURSE_OK;
}

void bourse__kucoin_begin_batch(bourse_call *call) {
  if (call->scratch[1] == 0) call->scratch[1] = bourse_item_count(call); /* a reply decoded by itself */
  call->scratch[SCRATCH_ROWS] = 0;
}

/* An item that the answer leaves out was not told of: its fate is not known. */
int32_t bourse__kucoin_end_batch(bourse_call *call, int32_t code) {
  static const char why[] = "the reply does not tell of this order";
  for (int64_t i = call->scratch[SCRATCH_ROWS]; code == BOURSE_OK && i < call->scratch[1]; i++)
    code = bourse_item_failed(call, (uint32_t)(call->scratch[0] + i), BOURSE_ERROR_FATE_UNKNOWN, BOURSE_OUTCOME_UNKNOWN,
                              bourse_slice_of(NULL), (bourse_slice){why, sizeof why - 1});
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

FUTURES_PARSE(batch) {
  bourse_http_reply data;
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code != BOURSE_OK) return code == BOURSE_DONE ? BOURSE_OK : code;
  bourse__kucoin_begin_batch(call);
  return bourse__kucoin_end_batch(call, bourse_read_rows(call, &data, bourse__kucoin_batch_row));
}

FUTURES_PARSE(cancel) {
  id_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_object(call, reply, &id_table, &row);
  if (code != BOURSE_OK) return code == BOURSE_DONE ? BOURSE_OK : code;
  if (row.id == NULL && row.canceled_count > 0) row.id = row.canceled[0];
  if (row.id == NULL && row.client_id == NULL)
    return bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND, NULL, "nothing was canceled: no such order is open");
  if (row.client_id == NULL) row.client_id = call->request->client_order_id;
  return bourse__kucoin_append_canceled(call, row.id, row.client_id) == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

FUTURES_PARSE(canceled_all) {
  id_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_object(call, reply, &id_table, &row);
  for (uint32_t i = 0; code == BOURSE_OK && i < row.canceled_count; i++)
    if (bourse__kucoin_append_canceled(call, row.canceled[i], NULL) == NULL) code = BOURSE_ERROR_MEMORY;
  if (code != BOURSE_OK || call->request->trigger != 0 || call->scratch[SCRATCH_STAGE] == KUCOIN_ASK_STOPS) return code;
  call->scratch[SCRATCH_STAGE] = KUCOIN_ASK_STOPS;
  return BOURSE_CONTINUE;
}

FUTURES_PARSE(closed_position) {
  id_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_object(call, reply, &id_table, &row);
  if (code != BOURSE_OK) return code;
  if (row.id == NULL) return bourse_no_order_id(call, "orderId");
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->id = row.id;
  record->client_order_id = row.client_id != NULL ? row.client_id : call->request->client_order_id;
  record->symbol = call->market->symbol;
  record->market_id = call->market->id;
  record->type = BOURSE_ORDER_MARKET;
  record->position_side = call->request->position_side;
  record->close_position = record->reduce_only = BOURSE_YES;
  record->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}
