/* exchange/kraken/futures_fills.c - own fills of futures, and the history of orders.
 *
 * The history is one of events, newest first unless asked for from a time on: {"elements": [{"uid", "timestamp", "event":
 * {"OrderPlaced": {...}}}], "continuationToken"}. What it tells of an order is put together into one record. */
#include <string.h>

#include "exchange/kraken/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

typedef bourse__kraken_order_row order_row;

/* --- Pages of the history --- */

typedef struct page_reply {
  bourse_row_function row; /* first: read through the address of the reply */
  const char *token;
  int32_t has_elements;
} page_reply;

static int32_t read_elements(bourse_decoder *decoder, void *member) {
  page_reply *wire = member;
  wire->has_elements = 1;
  return bourse_read_array(decoder->user_data, decoder, "elements", wire->row);
}

static const bourse_field page_fields[] = {
    BOURSE_FIELD_CUSTOM("elements", page_reply, row, read_elements),
    BOURSE_FIELD_CUSTOM("orderEvents", page_reply, row, read_elements), /* of version 2 */
    BOURSE_FIELD("continuationToken", STRING, page_reply, token),
};
static const bourse_table page_table = BOURSE_TABLE(page_fields);

static int32_t read_page(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row, page_reply *wire) {
  wire->row = row;
  wire->token = NULL;
  wire->has_elements = 0;
  call->scratch[SCRATCH_ROWS] = 0;
  int32_t code = bourse__kraken_futures_object(call, reply, &page_table, wire);
  if (code != BOURSE_OK || wire->has_elements) return code;
  return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "elements", "the reply does not tell the history");
}

static void put_history(bourse_call *call) {
  if (call->market != NULL) bourse_put(call, "tradeable", call->market->id);
  bourse__kraken_futures_put_page(call, FUTURES_PAGE_MAX);
}

/* --- Events of orders and triggers --- */

typedef struct event_row {
  order_row row;
  order_row old;
  const char *reason;
  const char *error;
  bourse_slice type; /* of version 2 */
  int64_t time_ns;
  int32_t status;
  int32_t has_order;
  int32_t has_old;
  int32_t reserved;
} event_row;

static int32_t read_order(bourse_decoder *decoder, void *member) {
  event_row *event = member;
  event->has_order = 1;
  return bourse__kraken_futures_read_order(decoder, &event->row);
}

static int32_t read_old(bourse_decoder *decoder, void *member) {
  event_row *event = member;
  event->has_old = 1;
  return bourse__kraken_futures_read_order(decoder, &event->old);
}

static const bourse_field details_fields[] = {
    BOURSE_FIELD_CUSTOM("order", event_row, row, read_order),
    BOURSE_FIELD_CUSTOM("newOrder", event_row, row, read_order),
    BOURSE_FIELD_CUSTOM("newOrderTrigger", event_row, row, read_order),
    BOURSE_FIELD_CUSTOM("oldOrder", event_row, row, read_old),
    BOURSE_FIELD_CUSTOM("oldOrderTrigger", event_row, row, read_old),
    BOURSE_FIELD("reason", STRING, event_row, reason),
    BOURSE_FIELD("orderError", STRING, event_row, error),
};
static const bourse_table details_table = BOURSE_TABLE(details_fields);

#define READ_EVENT(name_, status_)                                     \
  static int32_t read_##name_(bourse_decoder *decoder, void *member) { \
    event_row *event = member;                                         \
    event->status = status_;                                           \
    return bourse_decode_object(decoder, &details_table, member);      \
  }
READ_EVENT(placed, BOURSE_ORDER_OPEN)
READ_EVENT(updated, BOURSE_ORDER_OPEN)
READ_EVENT(canceled, BOURSE_ORDER_CANCELED)
READ_EVENT(rejected, BOURSE_ORDER_REJECTED)
READ_EVENT(trigger_placed, BOURSE_ORDER_UNTRIGGERED)
READ_EVENT(trigger_fired, BOURSE_ORDER_TRIGGERED)

/* What is not here (an order that was not found, a change that was refused) changes no order. */
static const bourse_field kind_fields[] = {
    BOURSE_FIELD_CUSTOM("OrderPlaced", event_row, row, read_placed),
    BOURSE_FIELD_CUSTOM("OrderUpdated", event_row, row, read_updated),
    BOURSE_FIELD_CUSTOM("OrderCancelled", event_row, row, read_canceled),
    BOURSE_FIELD_CUSTOM("OrderRejected", event_row, row, read_rejected),
    BOURSE_FIELD_CUSTOM("OrderTriggerPlaced", event_row, row, read_trigger_placed),
    BOURSE_FIELD_CUSTOM("OrderTriggerUpdated", event_row, row, read_trigger_placed),
    BOURSE_FIELD_CUSTOM("OrderTriggerActivated", event_row, row, read_trigger_fired),
    BOURSE_FIELD_CUSTOM("OrderTriggerCancelled", event_row, row, read_canceled),
};
static const bourse_table kind_table = BOURSE_TABLE(kind_fields);

static int32_t read_kind(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &kind_table, member);
}

static const bourse_field element_fields[] = {
    FUTURES_TIME("timestamp", event_row, time_ns),
    BOURSE_FIELD_CUSTOM("event", event_row, row, read_kind),
    BOURSE_FIELD("type", SLICE, event_row, type),
    BOURSE_FIELD_CUSTOM("order", event_row, row, read_order),
    BOURSE_FIELD_CUSTOM("orderTrigger", event_row, row, read_order),
    BOURSE_FIELD("reason", STRING, event_row, reason),
};
static const bourse_table element_table = BOURSE_TABLE(element_fields);
_Static_assert(offsetof(event_row, row) == 0, "what lies inside an event is read through its address");

/* After a fill some events show what is left as the quantity. The order before tells: what is open and what is filled add up
 * to the same then, and otherwise the quantity stays. */
static void mend_quantity(event_row *event) {
  bourse_decimal *quantity = &event->row.quantity, *filled = &event->row.order.filled, before;
  if (!PRESENT(*quantity) || !PRESENT(*filled)) return;
  int32_t left = bourse_decimal_compare(quantity, filled) < 0;
  if (event->has_old && PRESENT(event->old.quantity) && PRESENT(event->old.order.filled) &&
      bourse_decimal_compare(&event->old.order.filled, filled) != 0 &&
      bourse_decimal_compare(&event->old.quantity, quantity) != 0 &&
      bourse_decimal_add(&before, &event->old.quantity, &event->old.order.filled) == BOURSE_OK) {
    bourse_decimal after;
    left |= bourse_decimal_add(&after, quantity, filled) == BOURSE_OK && bourse_decimal_compare(&before, &after) == 0;
  }
  if (left) event->row.unfilled = *quantity;
}

static const bourse_name event_words[] = {
    {"PLACE", BOURSE_ORDER_OPEN},      {"EDIT", BOURSE_ORDER_OPEN},       {"EXECUTION", BOURSE_ORDER_OPEN},
    {"CANCEL", BOURSE_ORDER_CANCELED}, {"REJECT", BOURSE_ORDER_REJECTED}, {NULL, 0},
};

static void finish_event(bourse_call *call, event_row *event) {
  bourse_order *order = &event->row.order;
  mend_quantity(event);
  if (event->status == 0 && event->type.data != NULL) event->status = bourse_name_value(event_words, event->type);
  order->status = event->status == 0 ? BOURSE_ORDER_UNKNOWN : event->status;
  order->reason = event->error != NULL && *event->error != '\0' ? event->error : event->reason;
  bourse__kraken_futures_finish_order(call, &event->row);
  int32_t whole = PRESENT(order->filled_contracts) && bourse_decimal_sign(&order->filled_contracts) > 0 &&
                  PRESENT(order->contracts) && bourse_decimal_compare(&order->filled_contracts, &order->contracts) >= 0;
  int32_t said = order->reason != NULL && strcmp(order->reason, "full_fill") == 0;
  if ((order->status == BOURSE_ORDER_OPEN && whole) || said) order->status = BOURSE_ORDER_FILLED;
  if (order->updated_ns == 0) order->updated_ns = event->time_ns;
}

static int32_t same_text(const char *a, const char *b) { return a != NULL && b != NULL && strcmp(a, b) == 0; }

/* Whether this is the order that a question is about. */
static int32_t is_asked(const bourse_call *call, const bourse_order *order) {
  if (call->operation != BOURSE_OP_FETCH_ORDER) return 1;
  return call->request->order_id != NULL ? same_text(order->id, call->request->order_id)
                                         : same_text(order->client_order_id, call->request->client_order_id);
}

/* Ended orders do not come to life again; otherwise the later event counts. */
static int32_t is_newer(const bourse_call *call, const bourse_order *told, const bourse_order *known) {
  int32_t ended = known->status != BOURSE_ORDER_OPEN && known->status != BOURSE_ORDER_UNTRIGGERED;
  if (told->updated_ns != known->updated_ns) return told->updated_ns > known->updated_ns;
  return ended ? 0 : call->request->since_ns != 0 || told->status != known->status;
}

static int32_t event_row_read(bourse_call *call, bourse_decoder *decoder) {
  event_row event;
  memset(&event, 0, sizeof event);
  int32_t code = bourse_decode_object(decoder, &element_table, &event);
  call->scratch[SCRATCH_ROWS]++;
  if (code != BOURSE_OK || !event.has_order) return code;
  finish_event(call, &event);
  const bourse_order *order = &event.row.order;
  if (!is_asked(call, order) || !bourse__kraken_futures_is_wanted(call, order->market_id)) return BOURSE_OK;
  for (uint32_t i = bourse_appended(call); i-- > 0;) {
    bourse_order *known = bourse_appended_at(call, i);
    if (!same_text(known->id, order->id)) continue;
    if (is_newer(call, order, known)) *known = *order;
    return BOURSE_OK;
  }
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *order;
  return BOURSE_OK;
}

/* Orders of one status only, once all pages are read. */
static void keep_status(bourse_call *call, int32_t status) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < bourse_appended(call); i++) {
    const bourse_order order = *(const bourse_order *)bourse_appended_at(call, i);
    if (order.status == status) *(bourse_order *)bourse_appended_at(call, kept++) = order;
  }
  bourse_truncate(call, kept);
}

FUTURES_BUILD(order_history) {
  if (call->operation == BOURSE_OP_FETCH_ORDER) { /* newest first, as many as there are in one reply */
    if (call->market != NULL) bourse_put(call, "tradeable", call->market->id);
    bourse_put_int(call, "count", FUTURES_PAGE_MAX);
    return BOURSE_OK;
  }
  put_history(call);
  return BOURSE_OK;
}

/* orders/status forgets, and so may this: after both, and the triggers, the order is not known. */
static int32_t finish_search(bourse_call *call) {
  if (bourse_appended(call) > 0) return BOURSE_OK;
  if (call->endpoint->variant != FUTURES_TRIGGERS) {
    call->scratch[SCRATCH_STAGE] = 2;
    return BOURSE_CONTINUE;
  }
  return bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND,
                     call->request->order_id != NULL ? "order_id" : "client_order_id",
                     "neither open orders nor the last %d events of the history tell of this order", FUTURES_PAGE_MAX);
}

FUTURES_PARSE(order_history) {
  page_reply wire;
  int32_t code = read_page(call, reply, event_row_read, &wire);
  if (code != BOURSE_OK) return code;
  if (call->operation == BOURSE_OP_FETCH_ORDER) return finish_search(call);
  code = bourse__kraken_futures_next_page(call, wire.token, (uint32_t)call->scratch[SCRATCH_ROWS]);
  if (code != BOURSE_OK) return code;
  if (call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS) keep_status(call, BOURSE_ORDER_FILLED);
  if (call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS) keep_status(call, BOURSE_ORDER_CANCELED);
  return BOURSE_OK;
}

/* --- The last fills --- */

typedef struct fill_row {
  bourse_fill fill;
  bourse_slice type;
} fill_row;

static const bourse_field fill_fields[] = {
    BOURSE_FIELD_MUST("fill_id", ID, fill_row, fill.id),
    FUTURES_MARKET("symbol", fill_row, fill.symbol),
    BOURSE_FIELD_ENUM("side", fill_row, fill.side, bourse__kraken_futures_sides),
    BOURSE_FIELD("order_id", ID, fill_row, fill.order_id),
    BOURSE_FIELD("cliOrdId", STRING, fill_row, fill.client_order_id),
    BOURSE_FIELD("cli_ord_id", STRING, fill_row, fill.client_order_id),
    BOURSE_FIELD_MUST("size", DECIMAL, fill_row, fill.contracts),
    BOURSE_FIELD_MUST("price", DECIMAL, fill_row, fill.price),
    BOURSE_FIELD_FULL("fillTime", CUSTOM, fill_row, fill.time_ns, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kraken_futures_read_time),
    BOURSE_FIELD("fillType", SLICE, fill_row, type),
    BOURSE_FIELD("fee_paid", DECIMAL, fill_row, fill.fee),
    BOURSE_FIELD_CUSTOM("fee_currency", fill_row, fill.fee_currency, bourse__kraken_futures_read_currency),
    BOURSE_FIELD("realized_pnl", DECIMAL, fill_row, fill.realized_pnl),
};
static const bourse_table fill_table = BOURSE_TABLE(fill_fields);

static int32_t role_of(bourse_slice type) {
  if (type.data == NULL) return 0;
  return bourse_slice_begins(type, "maker") ? BOURSE_MAKER : bourse_slice_begins(type, "taker") ? BOURSE_TAKER : 0;
}

static void finish_fill(bourse_call *call, bourse_fill *fill) {
  if (bourse__kraken_futures_is_inverse(call, fill->market_id)) {
    fill->cost = fill->contracts; /* of one quote unit */
    return;
  }
  fill->amount = fill->contracts;
  bourse_decimal_mul(&fill->cost, &fill->price, &fill->amount);
}

static int32_t append_fill(bourse_call *call, const bourse_fill *fill) {
  const bourse_request *request = call->request;
  if (!bourse__kraken_futures_is_wanted(call, fill->market_id)) return BOURSE_OK;
  if (fill->time_ns < request->since_ns || (request->until_ns != 0 && fill->time_ns > request->until_ns))
    return BOURSE_OK;
  if (request->order_id != NULL && !same_text(fill->order_id, request->order_id)) return BOURSE_OK;
  bourse_fill *record = bourse_append(call, BOURSE_KIND_FILL);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *fill;
  return BOURSE_OK;
}

#define LAST_FILLS 100

static int32_t fill_row_read(bourse_call *call, bourse_decoder *decoder) {
  fill_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &fill_table, &row);
  if (code != BOURSE_OK) return code;
  call->scratch[SCRATCH_ROWS]++;
  if (call->scratch[SCRATCH_OLDEST] == 0 || row.fill.time_ns < call->scratch[SCRATCH_OLDEST])
    call->scratch[SCRATCH_OLDEST] = row.fill.time_ns;
  row.fill.role = role_of(row.type);
  finish_fill(call, &row.fill);
  return append_fill(call, &row.fill);
}

/* A hundred at most, of all markets: what is asked for may lie before them, and then is asked of the history instead. */
FUTURES_PARSE(fills) {
  const bourse_request *request = call->request;
  call->scratch[SCRATCH_ROWS] = call->scratch[SCRATCH_OLDEST] = 0;
  int32_t code = bourse__kraken_futures_list(call, reply, "fills", fill_row_read);
  if (code != BOURSE_OK || call->scratch[SCRATCH_ROWS] < LAST_FILLS) return code;
  int32_t reaches = request->since_ns != 0 ? call->scratch[SCRATCH_OLDEST] < request->since_ns
                                           : bourse_appended(call) >= (request->limit == 0 ? 1 : request->limit);
  if (reaches) return BOURSE_OK;
  bourse_truncate(call, 0);
  call->scratch[SCRATCH_STAGE] = 1;
  return BOURSE_CONTINUE;
}

/* --- Fills in the history --- */

typedef struct execution_row {
  bourse_fill fill; /* first */
  order_row order;
  bourse_slice role;
  int32_t found;
  int32_t reserved;
} execution_row;

static const bourse_field order_data_fields[] = {
    BOURSE_FIELD("fee", DECIMAL, execution_row, fill.fee),
    BOURSE_FIELD("realizedPnl", DECIMAL, execution_row, fill.realized_pnl),
};
static const bourse_table order_data_table = BOURSE_TABLE(order_data_fields);
static int32_t read_order_data(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &order_data_table, member);
}

static int32_t read_own_order(bourse_decoder *decoder, void *member) {
  execution_row *row = member;
  return bourse__kraken_futures_read_order(decoder, &row->order);
}

static const bourse_field execution_fields[] = {
    BOURSE_FIELD_MUST("uid", STRING, execution_row, fill.id),
    BOURSE_FIELD_CUSTOM("order", execution_row, fill, read_own_order),
    FUTURES_TIME("timestamp", execution_row, fill.time_ns),
    BOURSE_FIELD_MUST("quantity", DECIMAL, execution_row, fill.contracts),
    BOURSE_FIELD_MUST("price", DECIMAL, execution_row, fill.price),
    BOURSE_FIELD("executionType", SLICE, execution_row, role),
    BOURSE_FIELD_CUSTOM("orderData", execution_row, fill, read_order_data),
};
static const bourse_table execution_table = BOURSE_TABLE(execution_fields);
_Static_assert(offsetof(execution_row, fill) == 0, "what lies inside an execution is read through its address");

static int32_t read_execution(bourse_decoder *decoder, void *member) {
  execution_row *row = member;
  row->found = 1;
  return bourse_decode_object(decoder, &execution_table, member);
}

static const bourse_field outer_fields[] = {
    BOURSE_FIELD_FULL("execution", CUSTOM, execution_row, fill, BOURSE_FIELD_REQUIRED, NULL, read_execution),
};
static const bourse_table outer_table = BOURSE_TABLE(outer_fields);
static int32_t read_outer(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &outer_table, member);
}

/* The documentation writes the name both ways. */
static const bourse_field execution_event_fields[] = {
    BOURSE_FIELD_CUSTOM("execution", execution_row, fill, read_outer),
    BOURSE_FIELD_CUSTOM("Execution", execution_row, fill, read_outer),
};
static const bourse_table execution_event_table = BOURSE_TABLE(execution_event_fields);
static int32_t read_execution_event(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &execution_event_table, member);
}

static const bourse_field execution_element_fields[] = {
    BOURSE_FIELD_FULL("event", CUSTOM, execution_row, fill, BOURSE_FIELD_REQUIRED, NULL, read_execution_event),
};
static const bourse_table execution_element_table = BOURSE_TABLE(execution_element_fields);

static int32_t execution_row_read(bourse_call *call, bourse_decoder *decoder) {
  execution_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &execution_element_table, &row);
  call->scratch[SCRATCH_ROWS]++;
  if (code != BOURSE_OK || !row.found) return code;
  const bourse_order *order = &row.order.order;
  row.fill.order_id = order->id;
  row.fill.client_order_id = order->client_order_id;
  row.fill.symbol = order->symbol;
  row.fill.market_id = order->market_id;
  row.fill.side = order->side;
  row.fill.role = role_of(row.role);
  finish_fill(call, &row.fill);
  return append_fill(call, &row.fill);
}

FUTURES_BUILD(executions) {
  put_history(call);
  if (call->operation == BOURSE_OP_FETCH_ORDER_TRADES && bourse_get_param(call, "count") == NULL)
    bourse_put_int(call, "count", FUTURES_PAGE_MAX);
  return BOURSE_OK;
}

FUTURES_PARSE(executions) {
  page_reply wire;
  int32_t code = read_page(call, reply, execution_row_read, &wire);
  if (code != BOURSE_OK) return code;
  if (call->operation == BOURSE_OP_FETCH_ORDER_TRADES && bourse_appended(call) == 0 && call->request->limit == 0)
    return bourse__kraken_futures_look_on(call, wire.token, (uint32_t)call->scratch[SCRATCH_ROWS]);
  return bourse__kraken_futures_next_page(call, wire.token, (uint32_t)call->scratch[SCRATCH_ROWS]);
}
