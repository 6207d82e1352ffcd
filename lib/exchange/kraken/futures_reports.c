/* exchange/kraken/futures_reports.c - what the exchange tells of orders of futures.
 *
 * An answer to a request that acts is a status, and events: what happened to the order, each with the order as it stood
 * before or after. */
#include <stdlib.h>
#include <string.h>

#include "exchange/kraken/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Words --- */

enum { NO_TRIGGER, STOPS, GAINS, TRAILS };

static const struct {
  const char *name;
  int32_t type;
  int32_t time_in_force;
  int32_t post_only;
  int32_t trigger;
} types[] = {
    {"lmt", BOURSE_ORDER_LIMIT, BOURSE_GOOD_TILL_CANCELED, 0, NO_TRIGGER},
    {"limit", BOURSE_ORDER_LIMIT, BOURSE_GOOD_TILL_CANCELED, 0, NO_TRIGGER},
    {"post", BOURSE_ORDER_LIMIT, BOURSE_GOOD_TILL_CANCELED, 1, NO_TRIGGER},
    {"ioc", BOURSE_ORDER_LIMIT, BOURSE_IMMEDIATE_OR_CANCEL, 0, NO_TRIGGER},
    {"fok", BOURSE_ORDER_LIMIT, BOURSE_FILL_OR_KILL, 0, NO_TRIGGER},
    {"fillorkill", BOURSE_ORDER_LIMIT, BOURSE_FILL_OR_KILL, 0, NO_TRIGGER},
    {"mkt", BOURSE_ORDER_MARKET, 0, 0, NO_TRIGGER},
    {"market", BOURSE_ORDER_MARKET, 0, 0, NO_TRIGGER},
    {"stp", 0, 0, 0, STOPS},
    {"stop", 0, 0, 0, STOPS},
    {"take_profit", 0, 0, 0, GAINS},
    {"takeprofit", 0, 0, 0, GAINS},
    {"trailing_stop", BOURSE_ORDER_MARKET, 0, 0, TRAILS},
    {"trailingstop", BOURSE_ORDER_MARKET, 0, 0, TRAILS},
};

static const bourse_name statuses[] = {
    {"placed", BOURSE_ORDER_OPEN},
    {"edited", BOURSE_ORDER_OPEN},
    {"untouched", BOURSE_ORDER_OPEN},
    {"partiallyFilled", BOURSE_ORDER_OPEN},
    {"filled", BOURSE_ORDER_FILLED},
    {"cancelled", BOURSE_ORDER_CANCELED},
    /* orders/status */
    {"ENTERED_BOOK", BOURSE_ORDER_OPEN},
    {"FULLY_EXECUTED", BOURSE_ORDER_FILLED},
    {"REJECTED", BOURSE_ORDER_REJECTED},
    {"CANCELLED", BOURSE_ORDER_CANCELED},
    {"TRIGGER_PLACED", BOURSE_ORDER_UNTRIGGERED},
    {"TRIGGER_ACTIVATION_FAILURE", BOURSE_ORDER_REJECTED},
    {NULL, 0},
};

static const bourse_name signals[] = {
    {"last", BOURSE_PRICE_LAST},
    {"mark", BOURSE_PRICE_MARK},
    {"index", BOURSE_PRICE_INDEX},
    {"spot", BOURSE_PRICE_INDEX},
    {"last_price", BOURSE_PRICE_LAST},
    {"mark_price", BOURSE_PRICE_MARK},
    {"spot_price", BOURSE_PRICE_INDEX},
    {"LastPrice", BOURSE_PRICE_LAST},
    {"MarkPrice", BOURSE_PRICE_MARK},
    {"SpotPrice", BOURSE_PRICE_INDEX},
    {NULL, 0},
};

/* --- An order in any of the forms it comes in --- */

typedef bourse__kraken_order_row order_row;

static const bourse_field trailing_fields[] = {
    BOURSE_FIELD("maxDeviation", DECIMAL, order_row, deviation),
    BOURSE_FIELD("unit", SLICE, order_row, deviation_unit),
};
static const bourse_table trailing_table = BOURSE_TABLE(trailing_fields);
static int32_t read_trailing(bourse_decoder *decoder, void *member) {
  return bourse_json_kind(&decoder->json) == BOURSE_JSON_OBJECT ? bourse_decode_object(decoder, &trailing_table, member)
                                                                : (bourse_json_skip(&decoder->json), decoder->error);
}

static const bourse_field trigger_fields[] = {
    BOURSE_FIELD("triggerPrice", DECIMAL, order_row, trigger_price),
    BOURSE_FIELD("triggerSide", CHECK, order_row, order),
    BOURSE_FIELD("triggerSignal", SLICE, order_row, signal),
    BOURSE_FIELD_CUSTOM("trailingStopOptions", order_row, order, read_trailing),
};
static const bourse_table trigger_table = BOURSE_TABLE(trigger_fields);
static int32_t read_trigger(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &trigger_table, member);
}

/* Open orders, the orders of events, triggers, and all of these in the history have names of their own for the same. */
static const bourse_field order_fields[] = {
    BOURSE_FIELD("orderId", ID, order_row, order.id),
    BOURSE_FIELD("order_id", ID, order_row, order.id),
    BOURSE_FIELD("uid", ID, order_row, order.id),
    BOURSE_FIELD("cliOrdId", STRING, order_row, order.client_order_id),
    BOURSE_FIELD("cli_ord_id", STRING, order_row, order.client_order_id),
    BOURSE_FIELD("clientId", STRING, order_row, order.client_order_id),
    BOURSE_FIELD("orderType", SLICE, order_row, type),
    BOURSE_FIELD("type", SLICE, order_row, type),
    FUTURES_MARKET("symbol", order_row, order.symbol),
    FUTURES_MARKET("tradeable", order_row, order.symbol),
    BOURSE_FIELD_ENUM("side", order_row, order.side, bourse__kraken_futures_sides),
    BOURSE_FIELD_ENUM("direction", order_row, order.side, bourse__kraken_futures_sides),
    BOURSE_FIELD("quantity", DECIMAL, order_row, quantity),
    BOURSE_FIELD("unfilledSize", DECIMAL, order_row, unfilled),
    BOURSE_FIELD("filled", DECIMAL, order_row, order.filled),
    BOURSE_FIELD("filledSize", DECIMAL, order_row, order.filled),
    BOURSE_FIELD_CUSTOM("limitPrice", order_row, order.price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("stopPrice", order_row, trigger_price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("triggerPrice", order_row, trigger_price, bourse_decode_nonzero),
    BOURSE_FIELD("triggerSignal", SLICE, order_row, signal),
    BOURSE_FIELD("triggerSide", CHECK, order_row, order),
    BOURSE_FIELD_CUSTOM("priceTriggerOptions", order_row, order, read_trigger),
    BOURSE_FIELD_CUSTOM("triggerOptions", order_row, order, read_trigger),
    BOURSE_FIELD_CUSTOM("trailingStopOptions", order_row, order, read_trailing),
    BOURSE_FIELD("trailingStopMaxDeviation", DECIMAL, order_row, deviation),
    BOURSE_FIELD("trailingStopDeviationUnit", SLICE, order_row, deviation_unit),
    BOURSE_FIELD("status", SLICE, order_row, status),
    BOURSE_FIELD("reduceOnly", BOOL, order_row, order.reduce_only),
    FUTURES_TIME("receivedTime", order_row, order.created_ns),
    FUTURES_TIME("timestamp", order_row, order.created_ns),
    FUTURES_TIME("lastUpdateTime", order_row, order.updated_ns),
    FUTURES_TIME("lastUpdateTimestamp", order_row, order.updated_ns),
};
static const bourse_table order_table = BOURSE_TABLE(order_fields);
_Static_assert(offsetof(order_row, order) == 0, "what lies inside an order is read through its address");

int32_t bourse__kraken_futures_read_order(bourse_decoder *decoder, order_row *row) {
  int32_t code = bourse_decode_object(decoder, &order_table, row);
  const char *client_id = row->order.client_order_id;
  if (client_id != NULL && client_id[0] == '\0') row->order.client_order_id = NULL; /* the history writes "" for none */
  return code;
}

static int32_t is_word(bourse_slice text, const char *word) {
  return text.length == strlen(word) && bourse_slice_begins(text, word);
}

static void finish_type(order_row *row) {
  bourse_order *order = &row->order;
  int32_t trigger = NO_TRIGGER;
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    if (row->type.data == NULL || !is_word(row->type, types[i].name)) continue;
    trigger = types[i].trigger;
    order->type = types[i].type;
    order->time_in_force = types[i].time_in_force;
    order->post_only = types[i].post_only ? BOURSE_YES : BOURSE_NO;
    break;
  }
  if (trigger == STOPS || trigger == GAINS)
    order->type = PRESENT(order->price) ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  if (trigger == NO_TRIGGER && PRESENT(row->trigger_price) && row->signal.data != NULL) trigger = STOPS + TRAILS;
  order->conditional = trigger != NO_TRIGGER ? BOURSE_YES : BOURSE_NO;
  if (trigger == NO_TRIGGER) return;
  order->trigger_by = bourse_name_value(signals, row->signal);
  order->trigger_price = row->trigger_price;
  if (trigger == STOPS) order->stop_loss_price = row->trigger_price;
  if (trigger == GAINS) order->take_profit_price = row->trigger_price;
  if (!PRESENT(row->deviation)) return;
  if (bourse_slice_begins(row->deviation_unit, "percent"))
    order->trailing_percent = row->deviation;
  else
    order->trailing_amount = row->deviation;
}

/* Sizes are base units on linear markets, contracts on inverse ones. */
static void finish_sizes(bourse_call *call, order_row *row) {
  bourse_order *order = &row->order;
  bourse_decimal filled = order->filled, amount = row->quantity;
  if (PRESENT(row->unfilled) && PRESENT(filled)) bourse_decimal_add(&amount, &row->unfilled, &filled);
  order->contracts = amount;
  order->filled_contracts = filled;
  if (bourse__kraken_futures_is_inverse(call, order->market_id)) {
    memset(&order->filled, 0, sizeof order->filled);
    if (PRESENT(filled)) order->cost = filled; /* a contract is one quote unit */
    return;
  }
  order->amount = amount;
  if (PRESENT(amount) && PRESENT(filled)) bourse_decimal_sub(&order->remaining, &amount, &filled);
}

void bourse__kraken_futures_finish_order(bourse_call *call, order_row *row) {
  bourse_order *order = &row->order;
  if (row->type.data != NULL && order->native_type == NULL)
    order->native_type = bourse_arena_copy(call->arena, row->type.data, row->type.length);
  if (row->status.data != NULL && order->native_status == NULL)
    order->native_status = bourse_arena_copy(call->arena, row->status.data, row->status.length);
  finish_type(row);
  finish_sizes(call, row);
  if (order->status == 0 && row->status.data != NULL) {
    order->status = bourse_name_value(statuses, row->status);
    if (order->status == 0) order->status = BOURSE_ORDER_UNKNOWN;
  }
  if (order->status == BOURSE_ORDER_OPEN && order->conditional > 0) order->status = BOURSE_ORDER_UNTRIGGERED;
  order->realization = BOURSE_NATIVE;
}

/* --- Lists of orders --- */

/* What of several was asked for. */
static int32_t is_listed(bourse_call *call, const bourse_order *order) {
  const bourse_request *request = call->request;
  if (!bourse__kraken_futures_is_wanted(call, order->market_id)) return 0;
  return request->trigger == 0 || (request->trigger > 0) == (order->conditional > 0);
}

static int32_t open_order_row(bourse_call *call, bourse_decoder *decoder) {
  order_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kraken_futures_read_order(decoder, &row);
  if (code != BOURSE_OK) return code;
  bourse__kraken_futures_finish_order(call, &row);
  if (!is_listed(call, &row.order)) return BOURSE_OK;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = row.order;
  return BOURSE_OK;
}

FUTURES_PARSE(open_orders) { return bourse__kraken_futures_list(call, reply, "openOrders", open_order_row); }

/* {"order": {...}, "status": ..., "updateReason": ..., "error": ...} */
typedef struct status_row {
  order_row row; /* first */
  bourse_slice status;
  const char *reason;
  const char *error;
} status_row;

static int32_t read_inner_order(bourse_decoder *decoder, void *member) {
  return bourse__kraken_futures_read_order(decoder, member);
}

static const bourse_field status_fields[] = {
    BOURSE_FIELD_FULL("order", CUSTOM, status_row, row, BOURSE_FIELD_REQUIRED, NULL, read_inner_order),
    BOURSE_FIELD("status", SLICE, status_row, status),
    BOURSE_FIELD("updateReason", STRING, status_row, reason),
    BOURSE_FIELD("error", STRING, status_row, error),
};
static const bourse_table status_table = BOURSE_TABLE(status_fields);

/* Here `type` tells orders and triggers apart, and not what kind of order it is. */
static int32_t status_row_read(bourse_call *call, bourse_decoder *decoder) {
  status_row wire;
  memset(&wire, 0, sizeof wire);
  int32_t code = bourse_decode_object(decoder, &status_table, &wire);
  if (code != BOURSE_OK) return code;
  order_row *row = &wire.row;
  if (is_word(row->type, "ORDER") || is_word(row->type, "TRIGGER_ORDER")) row->type = (bourse_slice){NULL, 0};
  row->status = wire.status;
  row->order.reason = wire.error != NULL ? wire.error : wire.reason;
  bourse__kraken_futures_finish_order(call, row);
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = row->order;
  return BOURSE_OK;
}

typedef struct status_reply {
  int32_t orders;
} status_reply;

static int32_t read_orders(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "orders", status_row_read);
}

static const bourse_field status_reply_fields[] = {BOURSE_FIELD_CUSTOM("orders", status_reply, orders, read_orders)};
static const bourse_table status_reply_table = BOURSE_TABLE(status_reply_fields);

/* Only what is open, or was until five seconds ago: what is not there is looked for in the history. */
FUTURES_PARSE(order_status) {
  status_reply ignored;
  int32_t code = bourse__kraken_futures_object(call, reply, &status_reply_table, &ignored);
  if (code != BOURSE_OK || bourse_appended(call) > 0) return code;
  call->scratch[SCRATCH_STAGE] = 1;
  return BOURSE_CONTINUE;
}

/* --- Events of a request that acts --- */

typedef struct event_row {
  bourse_slice type;
  const char *reason;
  const char *execution_id;
  bourse_decimal price;
  bourse_decimal amount;
  int32_t has_order;
  int32_t reserved;
  order_row order;
  order_row old;
} event_row;

static int32_t read_event_order(bourse_decoder *decoder, void *member) {
  event_row *event = member;
  event->has_order = 1;
  return bourse__kraken_futures_read_order(decoder, &event->order);
}

static const bourse_field event_fields[] = {
    BOURSE_FIELD("type", SLICE, event_row, type),
    BOURSE_FIELD("reason", STRING, event_row, reason),
    BOURSE_FIELD("executionId", ID, event_row, execution_id),
    BOURSE_FIELD("price", DECIMAL, event_row, price),
    BOURSE_FIELD("amount", DECIMAL, event_row, amount),
    BOURSE_FIELD_CUSTOM("order", event_row, type, read_event_order),
    BOURSE_FIELD_CUSTOM("orderTrigger", event_row, type, read_event_order),
    BOURSE_FIELD_CUSTOM("orderPriorExecution", event_row, type, read_event_order),
    BOURSE_FIELD_CUSTOM("new", event_row, type, read_event_order),
};
static const bourse_table event_table = BOURSE_TABLE(event_fields);
_Static_assert(offsetof(event_row, type) == 0, "orders of an event are read through its address");

/* What became of the order by all events together. */
typedef struct outcome {
  order_row row; /* first */
  bourse_slice status;
  int64_t received_ns;
  const char *id;
  const char *client_order_id;
  const char *tag;
  const char *reason;
  bourse_fill *fills;
  uint32_t fill_count;
  uint32_t fill_room;
  int32_t rests;    /* it was put on the book */
  int32_t canceled; /* what was left of it, or all, is gone */
  int32_t rejected;
} outcome;

static int32_t add_fill(bourse_decoder *decoder, outcome *out, const event_row *event) {
  if (out->fill_count >= out->fill_room) return BOURSE_OK;
  bourse_fill *fill = &out->fills[out->fill_count++];
  fill->id = event->execution_id;
  fill->price = event->price;
  fill->contracts = event->amount;
  fill->role = BOURSE_TAKER;
  bourse_decimal *filled = &out->row.order.filled;
  if (!PRESENT(*filled))
    *filled = event->amount;
  else if (bourse_decimal_add(filled, filled, &event->amount) != BOURSE_OK)
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "amount", "the sum does not fit");
  return BOURSE_OK;
}

static int32_t take_event(bourse_decoder *decoder, outcome *out, const event_row *event) {
  int32_t executed = is_word(event->type, "EXECUTION");
  bourse_decimal filled = out->row.order.filled;
  if (event->has_order) {
    out->row = event->order;
    /* The order is shown as it was before its first execution; further ones are counted here. */
    if (out->fill_count > 0) out->row.order.filled = filled;
  }
  if (event->reason != NULL) out->reason = event->reason;
  if (is_word(event->type, "PLACE") || is_word(event->type, "EDIT")) out->rests = 1;
  if (is_word(event->type, "CANCEL")) out->canceled = 1;
  if (is_word(event->type, "REJECT")) out->rejected = 1;
  return executed && PRESENT(event->amount) ? add_fill(decoder, out, event) : BOURSE_OK;
}

static int32_t read_events(bourse_decoder *decoder, void *member) {
  outcome *out = member;
  out->fill_room = bourse_decode_count(decoder);
  out->fill_count = 0;
  out->fills = bourse_arena_alloc(decoder->arena, out->fill_room * sizeof *out->fills);
  if (out->fills == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "orderEvents", "memory is out");
  int32_t code = bourse_decode_array_begin(decoder, "orderEvents");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    event_row event;
    memset(&event, 0, sizeof event);
    code = bourse_decode_object(decoder, &event_table, &event);
    if (code == BOURSE_OK) code = take_event(decoder, out, &event);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field outcome_fields[] = {
    BOURSE_FIELD("order_tag", ID, outcome, tag),
    BOURSE_FIELD("order_id", ID, outcome, id),
    BOURSE_FIELD("orderId", ID, outcome, id),
    BOURSE_FIELD("cliOrdId", STRING, outcome, client_order_id),
    BOURSE_FIELD("cli_ord_id", STRING, outcome, client_order_id),
    BOURSE_FIELD_FULL("status", SLICE, outcome, status, BOURSE_FIELD_REQUIRED, NULL, NULL),
    FUTURES_TIME("receivedTime", outcome, received_ns),
    FUTURES_TIME("dateTimeReceived", outcome, received_ns),
    BOURSE_FIELD_CUSTOM("orderEvents", outcome, row, read_events),
};
static const bourse_table outcome_table = BOURSE_TABLE(outcome_fields);
_Static_assert(offsetof(outcome, row) == 0, "events are read through the address of the outcome");

/* Cost and average price are exact sums on linear markets; one price is the average on any. */
static void finish_fills(bourse_call *call, outcome *out, int32_t inverse) {
  bourse_order *order = &out->row.order;
  bourse_decimal cost = {0, 0, 0, 0};
  int32_t one_price = 1;
  for (uint32_t i = 0; i < out->fill_count; i++) {
    bourse_fill *fill = &out->fills[i];
    fill->order_id = order->id;
    fill->client_order_id = order->client_order_id;
    fill->symbol = order->symbol;
    fill->market_id = order->market_id;
    fill->time_ns = out->received_ns;
    fill->side = order->side;
    if (inverse) {
      fill->cost = fill->contracts;
    } else {
      fill->amount = fill->contracts;
      bourse_decimal_mul(&fill->cost, &fill->price, &fill->amount);
      if (i == 0)
        cost = fill->cost;
      else
        bourse_decimal_add(&cost, &cost, &fill->cost);
    }
    if (bourse_decimal_compare(&fill->price, &out->fills[0].price) != 0) one_price = 0;
  }
  order->fills = out->fills;
  order->fill_count = out->fill_count;
  if (out->fill_count == 0) return;
  if (one_price) order->average = out->fills[0].price;
  if (inverse) return;
  order->cost = cost;
  if (!one_price && bourse_decimal_sign(&order->filled) > 0) {
    bourse_decimal tick;
    const bourse_market *market =
        order->market_id == NULL ? NULL : bourse__kraken_futures_market(call, bourse_slice_of(order->market_id));
    int32_t decimals = 16;
    if (market != NULL && PRESENT(market->price_tick)) {
      bourse_decimal_trim(&tick, &market->price_tick);
      decimals = (tick.exponent < 0 ? -tick.exponent : 0) + 8;
    }
    if (bourse_decimal_div(&order->average, &cost, &order->filled, decimals, BOURSE_ROUND_HALF_EVEN) == BOURSE_OK)
      bourse_decimal_trim(&order->average, &order->average);
  }
}

static int32_t is_whole(const bourse_order *order) {
  return PRESENT(order->contracts) && PRESENT(order->filled_contracts) && bourse_decimal_sign(&order->contracts) > 0 &&
         bourse_decimal_compare(&order->filled_contracts, &order->contracts) >= 0;
}

/* "placed" tells only that it was taken; what it then met is in the events. */
static int32_t status_of(const outcome *out) {
  int32_t said = bourse_name_value(statuses, out->status);
  if (said == 0) return BOURSE_ORDER_UNKNOWN;
  if (said != BOURSE_ORDER_OPEN) return said;
  if (is_whole(&out->row.order)) return BOURSE_ORDER_FILLED;
  if (out->canceled) return BOURSE_ORDER_CANCELED;
  if (out->rejected) return BOURSE_ORDER_REJECTED;
  int32_t tif = out->row.order.time_in_force;
  int32_t waits = out->rests || out->fill_count == 0;
  if (!waits && (tif == BOURSE_IMMEDIATE_OR_CANCEL || out->row.order.type == BOURSE_ORDER_MARKET))
    return BOURSE_ORDER_CANCELED;
  return out->row.order.conditional > 0 ? BOURSE_ORDER_UNTRIGGERED : BOURSE_ORDER_OPEN;
}

static int32_t is_placing(const bourse_call *call) {
  return call->operation == BOURSE_OP_CREATE_ORDER || call->operation == BOURSE_OP_CREATE_ORDERS ||
         call->operation == BOURSE_OP_CLOSE_POSITION;
}

static int32_t append_outcome(bourse_call *call, outcome *out, const bourse_market *market,
                              const char *client_order_id) {
  order_row *row = &out->row;
  bourse_order *order = &row->order;
  if (out->id != NULL) order->id = out->id;
  if (out->client_order_id != NULL) order->client_order_id = out->client_order_id;
  if (order->client_order_id == NULL) order->client_order_id = client_order_id;
  if (market != NULL && order->market_id == NULL) {
    order->symbol = market->symbol;
    order->market_id = market->id;
  }
  row->status = out->status;
  bourse__kraken_futures_finish_order(call, row);
  finish_fills(call, out, bourse__kraken_futures_is_inverse(call, order->market_id));
  order->status = status_of(out);
  order->reason = out->reason;
  if (order->created_ns == 0 && is_placing(call)) order->created_ns = out->received_ns;
  if (order->updated_ns == 0) order->updated_ns = out->received_ns;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *order;
  return BOURSE_OK;
}

/* A cancel that comes too late says so: there is nothing left to cancel. */
static int32_t refusal_of(const bourse_call *call, bourse_slice status) {
  int32_t cancels = call->operation == BOURSE_OP_CANCEL_ORDER || call->operation == BOURSE_OP_CANCEL_ORDERS;
  if (cancels && bourse_slice_is(status, "filled")) return BOURSE_ERROR_ORDER_NOT_FOUND;
  return bourse__kraken_futures_status_code(status);
}

/* --- One order --- */

static int32_t read_outcome(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &outcome_table, member);
}

typedef struct acted_reply {
  outcome out; /* first */
  int32_t found;
} acted_reply;

static int32_t read_found(bourse_decoder *decoder, void *member) {
  acted_reply *wire = member;
  wire->found = 1;
  return read_outcome(decoder, &wire->out);
}

static const bourse_field acted_fields[] = {
    BOURSE_FIELD_CUSTOM("sendStatus", acted_reply, out, read_found),
    BOURSE_FIELD_CUSTOM("editStatus", acted_reply, out, read_found),
    BOURSE_FIELD_CUSTOM("cancelStatus", acted_reply, out, read_found),
};
static const bourse_table acted_table = BOURSE_TABLE(acted_fields);
_Static_assert(offsetof(acted_reply, out) == 0, "outcomes are read through the address of the reply");

FUTURES_PARSE(order) {
  acted_reply wire;
  memset(&wire, 0, sizeof wire);
  int32_t code = bourse__kraken_futures_object(call, reply, &acted_table, &wire);
  if (code != BOURSE_OK) return code;
  if (!wire.found)
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "sendStatus", "the reply does not say what became of the order");
  int32_t refusal = refusal_of(call, wire.out.status);
  if (refusal != 0) {
    bourse_fail_exchange(call, refusal, wire.out.status, wire.out.status);
    bourse_set_outcome(call, BOURSE_OUTCOME_REJECTED);
    return refusal;
  }
  const char *client_id =
      is_placing(call) && call->order != NULL ? call->order->client_order_id : call->request->client_order_id;
  return append_outcome(call, &wire.out, call->market, client_id);
}

/* --- Several --- */

static uint32_t index_of(const bourse_call *call, const outcome *out) {
  uint32_t index = (uint32_t)(call->scratch[0] + call->scratch[SCRATCH_ROWS]);
  unsigned long tag = out->tag == NULL ? 0 : strtoul(out->tag, NULL, 10);
  return tag > 0 && tag <= bourse_item_count(call) ? (uint32_t)tag - 1 : index;
}

static int32_t batch_row(bourse_call *call, bourse_decoder *decoder) {
  outcome out;
  memset(&out, 0, sizeof out);
  int32_t code = read_outcome(decoder, &out);
  if (code != BOURSE_OK) return code;
  uint32_t index = index_of(call, &out);
  const bourse_request *request = call->request;
  call->scratch[SCRATCH_ROWS]++;
  int32_t refusal = refusal_of(call, out.status);
  if (refusal != 0) return bourse_item_failed(call, index, refusal, BOURSE_OUTCOME_REJECTED, out.status, out.status);
  const bourse_market *market = index < call->market_count ? call->markets[index] : call->market;
  const char *client_id = NULL;
  if (call->operation == BOURSE_OP_CREATE_ORDERS && index < request->order_count)
    client_id = request->orders[index]->client_order_id;
  else if (index < request->client_order_id_count)
    client_id = request->client_order_ids[index];
  return append_outcome(call, &out, market, client_id);
}

/* An item that the answer leaves out was not told of: its fate is not known. */
FUTURES_PARSE(batch) {
  static const char why[] = "the reply does not tell of this order";
  call->scratch[SCRATCH_ROWS] = 0;
  int32_t code = bourse__kraken_futures_list(call, reply, "batchStatus", batch_row);
  if (code == BOURSE_DONE) return BOURSE_OK;
  if (code != BOURSE_OK) return code;
  for (int64_t i = call->scratch[SCRATCH_ROWS]; code == BOURSE_OK && i < call->scratch[1]; i++)
    code = bourse_item_failed(call, (uint32_t)(call->scratch[0] + i), BOURSE_ERROR_FATE_UNKNOWN, BOURSE_OUTCOME_UNKNOWN,
                              (bourse_slice){"", 0}, (bourse_slice){why, sizeof why - 1});
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

/* --- All --- */

/* The events name the orders in full; the list has ids only. */
static int32_t canceled_event(bourse_call *call, bourse_decoder *decoder) {
  event_row event;
  memset(&event, 0, sizeof event);
  int32_t code = bourse_decode_object(decoder, &event_table, &event);
  if (code != BOURSE_OK || !event.has_order) return code;
  order_row *row = &event.order;
  row->order.status = BOURSE_ORDER_CANCELED;
  row->order.reason = event.reason;
  bourse__kraken_futures_finish_order(call, row);
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = row->order;
  return BOURSE_OK;
}

static int32_t read_canceled_events(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "orderEvents", canceled_event);
}

typedef struct canceled_all {
  bourse_slice orders;
  bourse_slice status;
  int64_t received_ns;
} canceled_all;

static const bourse_field canceled_all_fields[] = {
    BOURSE_FIELD("cancelledOrders", RAW, canceled_all, orders),
    BOURSE_FIELD("status", SLICE, canceled_all, status),
    FUTURES_TIME("receivedTime", canceled_all, received_ns),
    BOURSE_FIELD_CUSTOM("orderEvents", canceled_all, orders, read_canceled_events),
};
static const bourse_table canceled_all_table = BOURSE_TABLE(canceled_all_fields);

static int32_t is_told(bourse_call *call, const char *id) {
  for (uint32_t i = 0; i < bourse_appended(call); i++) {
    const bourse_order *order = bourse_appended_at(call, i);
    if (order->id != NULL && strcmp(order->id, id) == 0) return 1;
  }
  return 0;
}

static int32_t canceled_id(bourse_call *call, bourse_decoder *decoder) {
  order_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kraken_futures_read_order(decoder, &row);
  if (code != BOURSE_OK || row.order.id == NULL || is_told(call, row.order.id)) return code;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = row.order;
  record->status = BOURSE_ORDER_CANCELED;
  record->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}

static const bourse_field canceled_reply_fields[] = {
    BOURSE_FIELD_FULL("cancelStatus", OBJECT, canceled_all, orders, BOURSE_FIELD_REQUIRED, &canceled_all_table, NULL),
};
static const bourse_table canceled_reply_table = BOURSE_TABLE(canceled_reply_fields);
_Static_assert(offsetof(canceled_all, orders) == 0, "the status is read through the address of the reply");

FUTURES_PARSE(canceled_all) {
  bourse_decoder decoder;
  canceled_all wire;
  memset(&wire, 0, sizeof wire);
  int32_t code = bourse__kraken_futures_object(call, reply, &canceled_reply_table, &wire);
  if (code != BOURSE_OK) return code;
  if (wire.orders.data != NULL) {
    bourse_decode_init(&decoder, call->arena, wire.orders.data, wire.orders.length, call);
    code = bourse_read_array(call, &decoder, "cancelledOrders", canceled_id);
    code = bourse_read_end(call, &decoder, code);
  }
  for (uint32_t i = 0; code == BOURSE_OK && i < bourse_appended(call); i++) {
    bourse_order *order = bourse_appended_at(call, i);
    if (wire.received_ns != 0) order->updated_ns = wire.received_ns;
  }
  return code;
}

typedef struct countdown {
  int64_t time_ns;
  int64_t due_ns;
} countdown;

static const bourse_field countdown_fields[] = {
    FUTURES_TIME("currentTime", countdown, time_ns),
    FUTURES_TIME("triggerTime", countdown, due_ns),
};
static const bourse_table countdown_table = BOURSE_TABLE(countdown_fields);
static const bourse_field countdown_reply_fields[] = {
    BOURSE_FIELD_FULL("status", OBJECT, countdown, time_ns, BOURSE_FIELD_REQUIRED, &countdown_table, NULL),
};
static const bourse_table countdown_reply_table = BOURSE_TABLE(countdown_reply_fields);
_Static_assert(offsetof(countdown, time_ns) == 0, "the status is read through the address of the reply");

FUTURES_PARSE(countdown) {
  countdown wire = {0, 0};
  int32_t code = bourse__kraken_futures_object(call, reply, &countdown_reply_table, &wire);
  bourse_receipt *receipt = code == BOURSE_OK ? bourse_append(call, BOURSE_KIND_RECEIPT) : NULL;
  if (receipt == NULL) return code != BOURSE_OK ? code : BOURSE_ERROR_MEMORY;
  receipt->time_ns = wire.time_ns;
  receipt->due_ns = wire.due_ns;
  receipt->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}
