/* exchange/kucoin/orders.c - placing, changing and canceling orders on spot and margin. */
#include <inttypes.h>
#include <string.h>

#include "exchange/kucoin/kucoin.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Words --- */

const bourse_name bourse__kucoin_times_in_force[] = {
    {"GTC", BOURSE_GOOD_TILL_CANCELED},
    {"IOC", BOURSE_IMMEDIATE_OR_CANCEL},
    {"FOK", BOURSE_FILL_OR_KILL},
    {"GTT", BOURSE_GOOD_TILL_DATE},
    {NULL, 0},
};

const bourse_name bourse__kucoin_self_trades[] = {
    {"CO", BOURSE_SELF_TRADE_CANCEL_MAKER},
    {"CN", BOURSE_SELF_TRADE_CANCEL_TAKER},
    {"CB", BOURSE_SELF_TRADE_CANCEL_BOTH},
    {"DC", BOURSE_SELF_TRADE_DECREMENT},
    {NULL, 0},
};

const bourse_name bourse__kucoin_trade_types[] = {
    {"MARGIN_TRADE", BOURSE_MARGIN_CROSS},
    {"MARGIN_ISOLATED_TRADE", BOURSE_MARGIN_ISOLATED},
    {NULL, 0},
};

const char *bourse__kucoin_trade_type(int32_t margin_mode) {
  return margin_mode == 0 ? "TRADE" : bourse_name_text(bourse__kucoin_trade_types, margin_mode);
}

/* --- Which order --- */

bourse__kucoin_subject bourse__kucoin_subject_of(const bourse_call *call) {
  bourse__kucoin_subject subject = {call->order, call->market, call->margin_mode};
  if (call->operation == BOURSE_OP_CREATE_ORDERS && call->request->order_count > 0) {
    uint32_t index = (uint32_t)call->scratch[0];
    subject.order = call->request->orders[index];
    subject.market = call->markets[index];
    if (subject.order->margin_mode != 0) subject.margin_mode = subject.order->margin_mode;
  }
  return subject;
}

uint32_t bourse__kucoin_order_variant(const bourse_call *call, const bourse_order_request *order) {
  const bourse__kucoin_state *state = call->state;
  if (order->test > 0) return KUCOIN_TEST;
  if (bourse_order_is_conditional(order)) return KUCOIN_STOP;
  return state->sync > 0 && bourse__kucoin_subject_of(call).margin_mode == 0 ? KUCOIN_SYNC : KUCOIN_USUAL;
}

/* --- What an order may have --- */

int32_t bourse__kucoin_check_order(bourse_call *call, const bourse__kucoin_subject *subject) {
  const bourse_order_request *order = subject->order;
  const char *field = NULL, *why = NULL;
  if (PRESENT(order->leverage)) field = "leverage", why = "orders on spot and margin carry no leverage";
  if (order->position_side != 0) field = "position_side", why = "there are no positions on spot and margin";
  if (order->close_position > 0) field = "close_position", why = "there are no positions on spot and margin";
  if (order->reduce_only > 0)
    field = "reduce_only", why = "spot and margin have no reduce-only; borrow = repay pays back";
  if (order->trigger_by != 0 && order->trigger_by != BOURSE_PRICE_LAST)
    field = "trigger_by", why = "spot and margin trigger on the last price only";
  if (PRESENT(order->trailing_percent)) field = "trailing_percent", why = "there are no trailing orders";
  if (PRESENT(order->trailing_amount)) field = "trailing_amount", why = "there are no trailing orders";
  if (bourse_order_has_attached(order))
    field = "attached_stop_loss_trigger", why = "orders on spot bring no others along; create_order_list has OCO";
  if (order->borrow != 0 && subject->margin_mode == 0)
    field = "borrow", why = "borrowing needs margin_mode cross or isolated";
  if (order->self_trade == BOURSE_SELF_TRADE_TRANSFER)
    field = "self_trade", why = "it cancels the maker, the taker or both, or decrements";
  if (order->test > 0 && bourse_order_is_conditional(order))
    field = "test", why = "conditional orders cannot be tested";
  if (field != NULL) return bourse_unsupported(call, field, why);
  return bourse_check_market_time(call, order);
}

/* --- Parameters of an order --- */

/* Whole seconds from now: a part of one would let it live longer than it may. */
int32_t bourse__kucoin_put_expiry(bourse_call *call, const bourse_order_request *order) {
  if (order->expire_ns == 0) return BOURSE_OK;
  int64_t seconds = (order->expire_ns - call->now_ns) / KUCOIN_SECOND;
  if (seconds < 1 || seconds > 2592000)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "expire_ns",
                       "expire_ns is %" PRId64 " seconds from now; 1 to 2592000 are allowed", seconds);
  char *text = bourse_arena_format(call->arena, "%" PRId64, seconds);
  if (text == NULL) return bourse_fail_memory(call);
  bourse_put_json(call, "cancelAfter", text);
  return BOURSE_OK;
}

void bourse__kucoin_put_borrow(bourse_call *call, const bourse__kucoin_subject *subject) {
  int32_t borrow = subject->order->borrow;
  if (subject->margin_mode == BOURSE_MARGIN_ISOLATED) bourse__kucoin_put_true(call, "isIsolated");
  if (borrow == BOURSE_BORROW_AUTO || borrow == BOURSE_BORROW_AUTO_REPAY) bourse__kucoin_put_true(call, "autoBorrow");
  if (borrow == BOURSE_BORROW_REPAY || borrow == BOURSE_BORROW_AUTO_REPAY) bourse__kucoin_put_true(call, "autoRepay");
}

static int32_t put_order(bourse_call *call, const bourse__kucoin_subject *subject) {
  const bourse_order_request *order = subject->order;
  int32_t code = bourse__kucoin_check_order(call, subject);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "clientOid", order->client_order_id);
  bourse_put(call, "side", bourse_name_text(bourse__kucoin_sides, order->side));
  bourse_put(call, "symbol", subject->market->id);
  bourse_put(call, "type", order->type == BOURSE_ORDER_LIMIT ? "limit" : "market");
  bourse_put_decimal(call, "size", &order->amount);
  bourse_put_decimal(call, "funds", &order->cost);
  bourse_put_decimal(call, "price", &order->price);
  if (order->type == BOURSE_ORDER_LIMIT)
    bourse_put(call, "timeInForce", bourse_name_text(bourse__kucoin_times_in_force, order->time_in_force));
  if (order->post_only > 0) bourse__kucoin_put_true(call, "postOnly");
  if (PRESENT(order->iceberg_amount)) {
    bourse__kucoin_put_true(call, "iceberg");
    bourse_put_decimal(call, "visibleSize", &order->iceberg_amount);
  }
  bourse_put(call, "stp", bourse_name_text(bourse__kucoin_self_trades, order->self_trade));
  bourse__kucoin_put_borrow(call, subject);
  return bourse__kucoin_put_expiry(call, order);
}

/* As messages orders have no time of their own; with these they are not taken when they come too late. */
static void bound_order(bourse_call *call) {
  if (call->bounded <= 0 || (call->endpoint->variant & KUCOIN_OVER_SOCKET) == 0) return;
  char *now = bourse_arena_format(call->arena, "%" PRId64, call->now_ns / KUCOIN_MILLISECOND);
  char *window = bourse_arena_format(call->arena, "%" PRId64, call->receive_window_ms);
  if (now == NULL || window == NULL) {
    bourse_fail_memory(call);
    return;
  }
  bourse_put_json(call, "clientTimestamp", now);
  bourse_put_json(call, "allowMaxTimeWindow", window);
}

BUILD(order) {
  bourse__kucoin_subject subject = bourse__kucoin_subject_of(call);
  int32_t code = put_order(call, &subject);
  if (code == BOURSE_OK) bound_order(call);
  return code;
}

/* entry fires when the price has risen to the trigger, loss when it has fallen to it. */
BUILD(stop_order) {
  bourse__kucoin_subject subject = bourse__kucoin_subject_of(call);
  int32_t code = put_order(call, &subject);
  if (code != BOURSE_OK) return code;
  int32_t gains = bourse_order_takes_profit(subject.order), sells = subject.order->side == BOURSE_SIDE_SELL;
  bourse_put(call, "stop", gains == sells ? "entry" : "loss");
  bourse_put_decimal(call, "stopPrice", bourse_order_trigger(subject.order));
  return BOURSE_OK;
}

int32_t bourse__kucoin_put_batch(bourse_call *call, const char *name,
                                 int32_t (*put)(bourse_call *call, const bourse__kucoin_subject *subject)) {
  bourse_text text;
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1];
  bourse_text_init(&text, call->arena);
  for (uint32_t i = first; i < first + count; i++) {
    const bourse_order_request *order = call->request->orders[i];
    bourse__kucoin_subject subject = {order, call->markets[i], order->margin_mode};
    uint32_t mark = call->wire.param_count;
    int32_t code = put(call, &subject);
    if (code != BOURSE_OK) return code;
    bourse_text_char(&text, i == first ? '[' : ',');
    bourse_fold_params(call, &text, mark);
  }
  bourse_text_char(&text, ']');
  return bourse_put_text(call, name, &text);
}

BUILD(batch_orders) { return bourse__kucoin_put_batch(call, "orderList", put_order); }

/* --- Changing --- */

/* The order ends, and another takes its place under the same client id. */
BUILD(amend) {
  const bourse_order_request *order = call->order;
  const char *field = NULL;
  int32_t leg = 0;
  if (PRESENT(order->cost)) field = "cost";
  if (bourse_order_is_conditional(order)) field = "trigger_price";
  if (PRESENT(order->iceberg_amount)) field = "iceberg_amount";
  if (order->post_only > 0) field = "post_only";
  if (order->time_in_force != 0) field = "time_in_force";
  if (order->client_order_id != NULL) field = "client_order_id";
  if (bourse__kucoin_names_stop(call, call->request->order_id)) field = "trigger";
  if (bourse__kucoin_pair_id(call->request->order_id, &leg) != NULL) field = "order_id";
  if (field != NULL) return bourse_unsupported(call, field, "of an open order price and amount can be changed");
  if (!PRESENT(order->amount) && !PRESENT(order->price))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "amount", "nothing is to be changed: give amount or price");
  bourse_put(call, "symbol", call->market->id);
  if (call->request->order_id != NULL)
    bourse_put(call, "orderId", call->request->order_id);
  else
    bourse_put(call, "clientOid", call->request->client_order_id);
  bourse_put_decimal(call, "newSize", &order->amount);
  bourse_put_decimal(call, "newPrice", &order->price);
  return BOURSE_OK;
}

/* --- Canceling --- */

static const char *id_to_cancel(const bourse_call *call, const char **client_id) {
  const bourse_request *request = call->request;
  *client_id = request->client_order_id;
  if (call->operation != BOURSE_OP_CANCEL_ORDERS) return request->order_id;
  *client_id = bourse_item_client_id(call, (uint32_t)call->scratch[0]);
  return bourse_item_id(call, (uint32_t)call->scratch[0]);
}

static int32_t has_path_id(const bourse_call *call) { return strchr(call->endpoint->path, '{') != NULL; }

BUILD(cancel) {
  const char *client_id = NULL, *id = id_to_cancel(call, &client_id);
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  if (has_path_id(call)) return bourse_set_path(call, id != NULL ? id : client_id, NULL, NULL);
  bourse_put(call, id != NULL ? "orderId" : "clientOid", id != NULL ? id : client_id);
  return BOURSE_OK;
}

/* One conditional order: on spot its id alone is enough. */
BUILD(cancel_stop) {
  const char *client_id = NULL, *id = id_to_cancel(call, &client_id);
  if (id != NULL && has_path_id(call)) return bourse_set_path(call, id, NULL, NULL);
  bourse_put(call, "orderId", id);
  if (id != NULL) return BOURSE_OK;
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "clientOid", client_id);
  return BOURSE_OK;
}

typedef struct symbol_list {
  const char *const *ids;
  uint32_t count;
  uint32_t reserved;
} symbol_list;

const char *bourse__kucoin_present_symbol(const bourse_call *call) {
  const symbol_list *list = call->memory;
  if (call->market != NULL) return call->market->id;
  return list == NULL || call->scratch[SCRATCH_INDEX] >= list->count ? NULL : list->ids[call->scratch[SCRATCH_INDEX]];
}

/* All of a market, or of all markets; the conditional ones are a second request. */
BUILD(cancel_all) {
  bourse_put(call, "symbol", bourse__kucoin_present_symbol(call));
  if (call->margin_mode != 0) bourse_put(call, "tradeType", bourse__kucoin_trade_type(call->margin_mode));
  return BOURSE_OK;
}

int32_t bourse__kucoin_put_timer(bourse_call *call) {
  int64_t timer_ms = call->request->timer_ms;
  if (timer_ms > 0 && (timer_ms % 1000 != 0 || timer_ms < 5000 || timer_ms > 86400000))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "timer_ms",
                       "timer_ms is %" PRId64 "; whole seconds are wanted, from 5000 to 86400000", timer_ms);
  char *seconds = bourse_arena_format(call->arena, "%" PRId64, timer_ms > 0 ? timer_ms / 1000 : INT64_C(-1));
  if (seconds == NULL) return bourse_fail_memory(call);
  bourse_put_json(call, "timeout", seconds);
  return BOURSE_OK;
}

BUILD(cancel_all_after) {
  int32_t code = bourse__kucoin_put_timer(call);
  if (code == BOURSE_OK && call->market != NULL) bourse_put(call, "symbols", call->market->id);
  return code;
}

/* --- What placing and changing are answered with: ids, and with "sync" how the order stands --- */

typedef struct placed_row {
  const char *id;
  const char *client_id;
  bourse_slice status;
  int64_t created_ns;
  int64_t matched_ns;
  bourse_decimal filled;
  bourse_decimal remaining;
  bourse_decimal canceled;
  int32_t success;
  int32_t reserved;
  const char *error;
} placed_row;

static const bourse_field placed_fields[] = {
    BOURSE_FIELD("orderId", ID, placed_row, id),
    BOURSE_FIELD("newOrderId", ID, placed_row, id),
    BOURSE_FIELD("clientOid", ID, placed_row, client_id),
    KUCOIN_TIME("orderTime", placed_row, created_ns),
    BOURSE_FIELD("originSize", CHECK, placed_row, id),
    BOURSE_FIELD("dealSize", DECIMAL, placed_row, filled),
    BOURSE_FIELD("remainSize", DECIMAL, placed_row, remaining),
    BOURSE_FIELD("canceledSize", DECIMAL, placed_row, canceled),
    BOURSE_FIELD("status", SLICE, placed_row, status),
    KUCOIN_TIME("matchTime", placed_row, matched_ns),
    BOURSE_FIELD("success", BOOL, placed_row, success),
    BOURSE_FIELD("failMsg", STRING, placed_row, error),
};
static const bourse_table placed_table = BOURSE_TABLE(placed_fields);

bourse_order *bourse__kucoin_append_placed(bourse_call *call, const bourse__kucoin_subject *subject, const char *id,
                                           const char *client_id) {
  const bourse_order_request *order = subject->order;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return NULL;
  bourse_set_asked(record, subject->market, order);
  record->id = id;
  if (client_id != NULL && client_id[0] != '\0') record->client_order_id = client_id;
  record->native_type = order->type == BOURSE_ORDER_LIMIT ? "limit" : "market";
  record->margin_mode = subject->margin_mode;
  return record;
}

/* Done with nothing left and nothing canceled is filled. */
static void set_outcome(bourse_order *record, const placed_row *row) {
  record->created_ns = row->created_ns;
  record->updated_ns = row->matched_ns;
  record->filled = row->filled;
  record->remaining = row->remaining;
  if (bourse_slice_is(row->status, "open")) record->status = BOURSE_ORDER_OPEN;
  if (!bourse_slice_is(row->status, "done")) return;
  record->status = bourse_decimal_sign(&row->canceled) > 0 ? BOURSE_ORDER_CANCELED : BOURSE_ORDER_FILLED;
}

/* A refusal of one of several items is told in its record, and the operation goes on or is done. */
static int32_t read_one(bourse_call *call, const bourse_http_reply *reply, placed_row *row, int32_t *over) {
  memset(row, 0, sizeof *row);
  int32_t code = bourse__kucoin_object(call, reply, &placed_table, row);
  *over = code != BOURSE_OK;
  return code == BOURSE_DONE ? BOURSE_OK : code;
}

PARSE(order) {
  placed_row row;
  int32_t over, code = read_one(call, reply, &row, &over);
  if (over) return code;
  bourse__kucoin_subject subject = bourse__kucoin_subject_of(call);
  if (row.id == NULL && subject.order->test <= 0) return bourse_no_order_id(call, "orderId");
  bourse_order *record = bourse__kucoin_append_placed(call, &subject, row.id, row.client_id);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  set_outcome(record, &row);
  if (record->conditional > 0) record->status = BOURSE_ORDER_UNTRIGGERED;
  return bourse_next_items(call);
}

/* One answer for each order, in their order. */
static int32_t batch_row(bourse_call *call, bourse_decoder *decoder) {
  placed_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &placed_table, &row);
  uint32_t index = (uint32_t)(call->scratch[0] + call->scratch[SCRATCH_ROWS]);
  if (code != BOURSE_OK) return code;
  if (call->scratch[SCRATCH_ROWS]++ >= call->scratch[1])
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "data", "more answers than orders");
  if (row.success < 0 || row.error != NULL) {
    bourse_slice text = bourse_slice_of(row.error);
    int32_t error = bourse__kucoin_error_code(bourse_slice_of("600101"), text);
    return bourse_item_failed(call, index, error, bourse_refusal_outcome(error), bourse_slice_of(NULL), text);
  }
  if (row.id == NULL) return bourse_no_order_id(call, "orderId");
  bourse__kucoin_subject subject = {call->request->orders[index], call->markets[index], 0};
  bourse_order *record = bourse__kucoin_append_placed(call, &subject, row.id, row.client_id);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  set_outcome(record, &row);
  return BOURSE_OK;
}

PARSE(batch_orders) {
  bourse_http_reply data;
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code != BOURSE_OK) return code == BOURSE_DONE ? BOURSE_OK : code;
  if (call->scratch[1] == 0) call->scratch[1] = bourse_item_count(call); /* a reply decoded by itself */
  call->scratch[SCRATCH_ROWS] = 0;
  code = bourse_read_rows(call, &data, batch_row);
  if (code != BOURSE_OK) return code;
  if (call->scratch[SCRATCH_ROWS] < call->scratch[1])
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "data", "the reply tells of %d orders, %d were sent",
                       (int)call->scratch[SCRATCH_ROWS], (int)call->scratch[1]);
  return bourse_next_items(call);
}

PARSE(amend) {
  placed_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_object(call, reply, &placed_table, &row);
  if (code != BOURSE_OK) return code;
  if (row.id == NULL) return bourse_no_order_id(call, "orderId");
  bourse_order *record = bourse_append_amended(call);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->id = row.id;
  if (row.client_id != NULL) record->client_order_id = row.client_id;
  return BOURSE_OK;
}

/* --- What canceling is answered with: that it was asked for; an order may be filled still --- */

typedef struct canceled_row {
  placed_row order; /* first */
  const char *const *ids;
  uint32_t count;
  uint32_t reserved;
} canceled_row;

static int32_t read_ids(bourse_decoder *decoder, void *member) {
  canceled_row *row = member;
  return bourse_decode_strings(decoder, &row->ids, &row->count);
}

static const bourse_field canceled_fields[] = {
    BOURSE_FIELD("orderId", ID, canceled_row, order.id),
    BOURSE_FIELD("cancelledOrderId", ID, canceled_row, order.id),
    BOURSE_FIELD("clientOid", ID, canceled_row, order.client_id),
    BOURSE_FIELD_CUSTOM("cancelledOrderIds", canceled_row, order, read_ids),
    BOURSE_FIELD("originSize", CHECK, canceled_row, order),
    BOURSE_FIELD("dealSize", DECIMAL, canceled_row, order.filled),
    BOURSE_FIELD("remainSize", DECIMAL, canceled_row, order.remaining),
    BOURSE_FIELD("canceledSize", DECIMAL, canceled_row, order.canceled),
    BOURSE_FIELD("status", SLICE, canceled_row, order.status),
};
static const bourse_table canceled_table = BOURSE_TABLE(canceled_fields);
_Static_assert(offsetof(canceled_row, order) == 0, "ids are read through the address of the row");

bourse_order *bourse__kucoin_append_canceled(bourse_call *call, const char *id, const char *client_id) {
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return NULL;
  record->id = id;
  record->client_order_id = client_id;
  record->symbol = call->market == NULL ? NULL : call->market->symbol;
  record->market_id = call->market == NULL ? NULL : call->market->id;
  record->status = BOURSE_ORDER_CANCELING;
  record->margin_mode = call->margin_mode;
  record->realization = BOURSE_NATIVE;
  record->outcome = BOURSE_OUTCOME_EXECUTED;
  return record;
}

PARSE(cancel) {
  canceled_row row;
  const char *client_id = NULL, *id = id_to_cancel(call, &client_id);
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_object(call, reply, &canceled_table, &row);
  if (code != BOURSE_OK) return code == BOURSE_DONE ? BOURSE_OK : code;
  if (row.order.id == NULL && row.count > 0) row.order.id = row.ids[0];
  if (row.order.id == NULL && row.order.client_id == NULL)
    return bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND, NULL, "nothing was canceled: no such order is open");
  bourse_order *record = bourse__kucoin_append_canceled(call, row.order.id != NULL ? row.order.id : id,
                                                        row.order.client_id != NULL ? row.order.client_id : client_id);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  set_outcome(record, &row.order);
  return bourse_next_items(call);
}

int32_t bourse__kucoin_canceled_ids(bourse_call *call, const bourse_http_reply *reply, const char *const **ids,
                                    uint32_t *count) {
  canceled_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_object(call, reply, &canceled_table, &row);
  *ids = row.ids;
  *count = row.count;
  return code;
}

/* Those of one conditional order, or of all of a market: then come the pairs. */
PARSE(cancel_stop) {
  const char *const *ids = NULL;
  uint32_t count = 0;
  if (call->operation != BOURSE_OP_CANCEL_ALL_ORDERS) return bourse__kucoin_parse_cancel(call, reply);
  int32_t code = bourse__kucoin_canceled_ids(call, reply, &ids, &count);
  for (uint32_t i = 0; code == BOURSE_OK && i < count; i++)
    if (bourse__kucoin_append_canceled(call, ids[i], NULL) == NULL) code = BOURSE_ERROR_MEMORY;
  if (code != BOURSE_OK) return code;
  call->scratch[SCRATCH_STAGE] = KUCOIN_ASK_PAIRS;
  return BOURSE_CONTINUE;
}

typedef struct failed_row {
  bourse_slice symbol;
  const char *error;
} failed_row;

static const bourse_field failed_fields[] = {
    BOURSE_FIELD("symbol", SLICE, failed_row, symbol),
    BOURSE_FIELD("error", STRING, failed_row, error),
};
static const bourse_table failed_table = BOURSE_TABLE(failed_fields);

static int32_t failed_row_read(bourse_call *call, bourse_decoder *decoder) {
  failed_row row = {{NULL, 0}, NULL};
  int32_t code = bourse_decode_object(decoder, &failed_table, &row);
  if (code != BOURSE_OK) return code;
  const bourse_market *market = bourse__kucoin_market(call, row.symbol);
  bourse_order *record = bourse__kucoin_append_canceled(call, NULL, NULL);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->symbol = market == NULL ? NULL : market->symbol;
  record->market_id = bourse_arena_copy(call->arena, row.symbol.data == NULL ? "" : row.symbol.data, row.symbol.length);
  record->status = 0;
  record->error = bourse__kucoin_error_code(bourse_slice_of(NULL), bourse_slice_of(row.error));
  record->error_message = row.error;
  record->outcome = BOURSE_OUTCOME_REJECTED;
  return record->market_id == NULL ? bourse_fail_memory(call) : BOURSE_OK;
}

static int32_t all_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  if (bourse_slice_is(key, "failedSymbols")) return bourse_read_array(call, decoder, "failedSymbols", failed_row_read);
  bourse_json_skip(&decoder->json);
  return BOURSE_OK;
}

/* "success", or which markets it failed in. Which orders those were is not told. */
PARSE(cancel_all) {
  bourse_http_reply data;
  bourse_decoder decoder;
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code != BOURSE_OK) return code;
  bourse_decode_reply(call, &decoder, &data);
  if (bourse_json_kind(&decoder.json) == BOURSE_JSON_OBJECT)
    code = bourse_read_end(call, &decoder, bourse_read_map(call, &decoder, "data", all_entry));
  if (code != BOURSE_OK) return code;
  if (bourse__kucoin_next_symbol(call)) return BOURSE_CONTINUE;
  if (call->request->trigger < 0) return BOURSE_OK;
  call->scratch[SCRATCH_STAGE] = KUCOIN_ASK_STOPS;
  return BOURSE_CONTINUE;
}

/* --- The markets in which orders are open --- */

typedef struct symbols_reply {
  symbol_list list;
} symbols_reply;

static int32_t read_symbols(bourse_decoder *decoder, void *member) {
  symbol_list *list = member;
  return bourse_decode_strings(decoder, &list->ids, &list->count);
}

static const bourse_field symbols_fields[] = {BOURSE_FIELD_CUSTOM("symbols", symbols_reply, list, read_symbols)};
static const bourse_table symbols_table = BOURSE_TABLE(symbols_fields);

BUILD(symbols) {
  if (call->margin_mode != 0) bourse_put(call, "tradeType", bourse__kucoin_trade_type(call->margin_mode));
  return BOURSE_OK;
}

PARSE(symbols) {
  symbols_reply *wire = bourse_arena_alloc(call->arena, sizeof *wire);
  if (wire == NULL) return bourse_fail_memory(call);
  int32_t code = bourse__kucoin_object(call, reply, &symbols_table, wire);
  if (code != BOURSE_OK) return code;
  call->memory = &wire->list;
  call->scratch[SCRATCH_INDEX] = 0;
  call->scratch[SCRATCH_STAGE] = wire->list.count > 0 ? KUCOIN_ASK_ORDERS : KUCOIN_ASK_STOPS;
  return wire->list.count > 0 || call->request->trigger >= 0 ? BOURSE_CONTINUE : BOURSE_OK;
}

int32_t bourse__kucoin_next_symbol(bourse_call *call) {
  const symbol_list *list = call->memory;
  return call->market == NULL && list != NULL && ++call->scratch[SCRATCH_INDEX] < list->count;
}

/* --- Dead man's switch --- */

static const bourse_field timer_fields[] = {
    KUCOIN_TIME("currentTime", bourse_receipt, time_ns),
    KUCOIN_TIME("systemTime", bourse_receipt, time_ns), /* of the unified account */
    KUCOIN_TIME("triggerTime", bourse_receipt, due_ns),
};
static const bourse_table timer_table = BOURSE_TABLE(timer_fields);

PARSE(cancel_all_after) {
  bourse_receipt *receipt = bourse_append_receipt(call);
  if (receipt == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse__kucoin_object(call, reply, &timer_table, receipt);
  if (code == BOURSE_OK && call->request->timer_ms <= 0) receipt->due_ns = 0;
  return code;
}
