/* exchange/coinbase/orders.c - placing, changing and canceling orders. */
#include <string.h>

#include "exchange/coinbase/coinbase.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- What an order may have --- */

/* Both legs of the bracket that an order brings along, a limit for the gain and a stop. */
static int32_t check_attached(bourse_call *call, const bourse_order_request *order) {
  if (!bourse_order_has_attached(order)) return BOURSE_OK;
  if (!PRESENT(order->attached_stop_loss_trigger) || !PRESENT(order->attached_take_profit_trigger))
    return bourse_unsupported(
        call,
        PRESENT(order->attached_stop_loss_trigger) ? "attached_take_profit_trigger" : "attached_stop_loss_trigger",
        "an order brings a stop loss and a take profit along together");
  if (PRESENT(order->attached_stop_loss_price))
    return bourse_unsupported(call, "attached_stop_loss_price", "the exchange sets the limit of the stop itself");
  if (PRESENT(order->attached_take_profit_price) &&
      bourse_decimal_compare(&order->attached_take_profit_price, &order->attached_take_profit_trigger) != 0)
    return bourse_unsupported(call, "attached_take_profit_price", "the take profit is a limit order at its trigger");
  return BOURSE_OK;
}

static int32_t check_order(bourse_call *call, const bourse_market *market, const bourse_order_request *order) {
  const char *field = NULL, *why = NULL;
  int32_t limit = order->type == BOURSE_ORDER_LIMIT, futures = market->product == BOURSE_PRODUCT_LINEAR;
  int32_t conditional = bourse_order_is_conditional(order);
  if (conditional && !limit) field = "type", why = "a conditional order is a limit order; give price";
  if (bourse_order_is_trailing(order)) field = "trailing_amount", why = "there are no trailing orders";
  if (PRESENT(order->iceberg_amount)) field = "iceberg_amount", why = "there are no iceberg orders";
  if (order->reduce_only > 0) field = "reduce_only", why = "orders cannot be made to only reduce";
  if (order->close_position > 0)
    field = "close_position", why = "an order takes an amount; the operation close_position closes all of it";
  if (order->position_side == BOURSE_POSITION_LONG || order->position_side == BOURSE_POSITION_SHORT)
    field = "position_side", why = "there is one position a market";
  if (order->borrow != 0) field = "borrow", why = "nothing is lent";
  if (order->self_trade != 0) field = "self_trade", why = "it cannot be chosen";
  if (order->trigger_by != 0 && order->trigger_by != BOURSE_PRICE_LAST)
    field = "trigger_by", why = "triggers go by the last price";
  if (order->margin_mode != 0 && !futures) field = "margin_mode", why = "spot is not traded on margin";
  if (PRESENT(order->leverage) && !futures) field = "leverage", why = "spot is not traded on margin";
  if (PRESENT(order->cost) && (futures || order->side != BOURSE_SIDE_BUY))
    field = "cost", why = "amounts of quote currency are for buying on spot at the market";
  if (conditional && order->post_only > 0) field = "post_only", why = "a conditional order cannot be post-only";
  if (conditional &&
      (order->time_in_force == BOURSE_IMMEDIATE_OR_CANCEL || order->time_in_force == BOURSE_FILL_OR_KILL))
    field = "time_in_force", why = "a conditional order is good till canceled, or till a date";
  if (!limit && order->time_in_force == BOURSE_FILL_OR_KILL && !futures)
    field = "time_in_force", why = "market orders on spot are immediate or canceled";
  if (field != NULL) return bourse_unsupported(call, field, why);
  if (!limit && (order->time_in_force == BOURSE_GOOD_TILL_CANCELED || order->time_in_force == BOURSE_GOOD_TILL_DATE))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "time_in_force", "a market order does not stay");
  if (order->expire_ns % COINBASE_MILLISECOND != 0)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "expire_ns",
                       "expire_ns has parts of a millisecond; whole ones are wanted");
  return check_attached(call, order);
}

/* --- The configuration, whose name is the kind of order --- */

static const char *configuration_of(const bourse_order_request *order) {
  int32_t date = order->time_in_force == BOURSE_GOOD_TILL_DATE;
  if (order->type == BOURSE_ORDER_MARKET)
    return order->time_in_force == BOURSE_FILL_OR_KILL ? "market_market_fok" : "market_market_ioc";
  if (bourse_order_is_conditional(order)) return date ? "stop_limit_stop_limit_gtd" : "stop_limit_stop_limit_gtc";
  if (order->time_in_force == BOURSE_IMMEDIATE_OR_CANCEL) return "sor_limit_ioc";
  if (order->time_in_force == BOURSE_FILL_OR_KILL) return "limit_limit_fok";
  return date ? "limit_limit_gtd" : "limit_limit_gtc";
}

static int32_t stays(const bourse_order_request *order) {
  return order->type == BOURSE_ORDER_LIMIT && order->time_in_force != BOURSE_IMMEDIATE_OR_CANCEL &&
         order->time_in_force != BOURSE_FILL_OR_KILL && !bourse_order_is_conditional(order);
}

/* The parameters put since `mark`, as the one member `inner` of the object `name`. */
static int32_t nest(bourse_call *call, const char *name, const char *inner, uint32_t mark) {
  bourse_text text;
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, "{\"");
  bourse_text_string(&text, inner);
  bourse_text_string(&text, "\":");
  bourse_fold_params(call, &text, mark);
  bourse_text_char(&text, '}');
  return bourse_put_text(call, name, &text);
}

static int32_t put_size(bourse_call *call, const bourse_market *market, const bourse_order_request *order,
                        const char *name) {
  bourse_decimal contracts;
  if (market->product != BOURSE_PRODUCT_LINEAR) {
    bourse_put_decimal(call, name, &order->amount);
    return BOURSE_OK;
  }
  int32_t code = bourse_order_contracts(call, market, order, &contracts);
  bourse_put_decimal(call, name, &contracts);
  return code;
}

static int32_t put_configuration(bourse_call *call, const bourse_market *market, const bourse_order_request *order) {
  uint32_t mark = call->wire.param_count;
  bourse_put_decimal(call, "quote_size", &order->cost);
  int32_t code = put_size(call, market, order, "base_size");
  bourse_put_decimal(call, "limit_price", &order->price);
  const bourse_decimal *trigger = bourse_order_trigger(order);
  if (trigger != NULL) {
    int32_t rises = bourse_order_takes_profit(order) == (order->side == BOURSE_SIDE_SELL);
    bourse_put_decimal(call, "stop_price", trigger);
    bourse_put(call, "stop_direction", rises ? "STOP_DIRECTION_STOP_UP" : "STOP_DIRECTION_STOP_DOWN");
  }
  if (code == BOURSE_OK)
    code =
        bourse__coinbase_put_time(call, "end_time", order->expire_ns, order->expire_ns % COINBASE_SECOND == 0 ? 0 : 3);
  if (stays(order)) bourse_put_json(call, "post_only", bourse_bool_text(order->post_only));
  return code == BOURSE_OK ? nest(call, "order_configuration", configuration_of(order), mark) : code;
}

static int32_t put_attached(bourse_call *call, const bourse_order_request *order) {
  uint32_t mark = call->wire.param_count;
  if (!bourse_order_has_attached(order)) return BOURSE_OK;
  bourse_put_decimal(call, "limit_price", &order->attached_take_profit_trigger);
  bourse_put_decimal(call, "stop_trigger_price", &order->attached_stop_loss_trigger);
  return nest(call, "attached_order_configuration", "trigger_bracket_gtc", mark);
}

static const bourse_name margin_types[] = {
    {"CROSS", BOURSE_MARGIN_CROSS}, {"ISOLATED", BOURSE_MARGIN_ISOLATED}, {NULL, 0}};

BUILD(order) {
  const bourse_order_request *order = call->request->orders[call->scratch[0]];
  const bourse_market *market = call->markets[call->scratch[0]];
  int32_t code = check_order(call, market, order);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "client_order_id", order->client_order_id);
  bourse_put(call, "product_id", market->id);
  bourse_put(call, "side", bourse_name_text(bourse__coinbase_sides, order->side));
  code = put_configuration(call, market, order);
  if (code == BOURSE_OK) code = put_attached(call, order);
  bourse_put_decimal(call, "leverage", &order->leverage);
  bourse_put(call, "margin_type", bourse_name_text(margin_types, order->margin_mode));
  return code;
}

/* --- Changing: price and size are both sent, so what stays as it is must be known --- */

int32_t bourse__coinbase_wants_id(const bourse_call *call) {
  const bourse_request *request = call->request;
  if (call->memory != NULL) return 0;
  if (call->operation == BOURSE_OP_CANCEL_ORDERS) return request->order_id_count == 0;
  if (call->operation != BOURSE_OP_EDIT_ORDER) return request->order_id == NULL;
  int32_t sized = PRESENT(call->order->amount) || PRESENT(call->order->contracts);
  return request->order_id == NULL || !sized || !PRESENT(call->order->price);
}

BUILD(edit) {
  const bourse_order_request *order = call->order;
  const bourse_order *before = call->memory;
  int32_t code = bourse_check_edit(call, order, 0);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "order_id", before != NULL ? before->id : call->request->order_id);
  if (PRESENT(order->amount) || PRESENT(order->contracts))
    code = put_size(call, call->market, order, "size");
  else if (before != NULL)
    bourse_put_decimal(call, "size", PRESENT(before->contracts) ? &before->contracts : &before->amount);
  bourse_put_decimal(call, "price", PRESENT(order->price) || before == NULL ? &order->price : &before->price);
  const bourse_decimal *trigger = bourse_order_trigger(order);
  if (trigger != NULL) bourse_put_decimal(call, "stop_price", trigger);
  return code;
}

/* --- Canceling --- */

/* The id of the item at `index`: of what was found, or as it was given; NULL: it was not found. */
static const char *id_to_cancel(const bourse_call *call, uint32_t index) {
  if (call->memory != NULL) return ((const char *const *)call->memory)[index];
  return call->operation == BOURSE_OP_CANCEL_ORDERS ? bourse_item_id(call, index) : call->request->order_id;
}

/* scratch[0] and [1] say which of them this request is about. */
static void plan_cancel(bourse_call *call) {
  if (call->operation == BOURSE_OP_CANCEL_ORDERS) return;
  int64_t left = call->operation == BOURSE_OP_CANCEL_ALL_ORDERS ? call->scratch[COINBASE_FOUND] - call->scratch[0] : 1;
  call->scratch[1] = left < COINBASE_CANCEL_MAX ? left : COINBASE_CANCEL_MAX;
}

BUILD(cancel) {
  bourse_text text;
  int32_t any = 0;
  plan_cancel(call);
  bourse_text_init(&text, call->arena);
  bourse_text_char(&text, '[');
  for (int64_t i = 0; i < call->scratch[1]; i++) {
    const char *id = id_to_cancel(call, (uint32_t)(call->scratch[0] + i));
    if (id == NULL) continue;
    if (any) bourse_text_char(&text, ',');
    bourse_text_json(&text, id, strlen(id));
    any = 1;
  }
  bourse_text_char(&text, ']');
  return bourse_put_text(call, "order_ids", &text);
}

/* A position is closed by an order of the other side, which the exchange makes. */
BUILD(close_position) {
  const bourse_request *request = call->request;
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  if (request->position_side == BOURSE_POSITION_LONG || request->position_side == BOURSE_POSITION_SHORT)
    return bourse_unsupported(call, "position_side", "there is one position a market");
  bourse_put(call, "client_order_id", request->client_order_id);
  bourse_put(call, "product_id", market->id);
  return BOURSE_OK;
}

/* --- Answers --- */

typedef struct placed {
  const char *id;
  const char *client_id;
  const char *attached_id;
  int32_t side;
  int32_t success;
} placed;

static const bourse_field placed_fields[] = {
    BOURSE_FIELD("order_id", STRING, placed, id),
    BOURSE_FIELD_ENUM("side", placed, side, bourse__coinbase_sides),
    BOURSE_FIELD("client_order_id", STRING, placed, client_id),
    BOURSE_FIELD("attached_order_id", STRING, placed, attached_id),
};
static const bourse_table placed_table = BOURSE_TABLE(placed_fields);

static int32_t read_placed(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &placed_table, member);
}

static const bourse_field answer_fields[] = {
    BOURSE_FIELD_MUST("success", BOOL, placed, success),
    BOURSE_FIELD_CUSTOM("success_response", placed, id, read_placed),
    BOURSE_FIELD("order_id", STRING, placed, id), /* so it was told once */
};
static const bourse_table answer_table = BOURSE_TABLE(answer_fields);
_Static_assert(offsetof(placed, id) == 0, "what was placed is read through the address of its first member");

/* A refusal has status 200. */
static int32_t refused(bourse_call *call, const bourse_http_reply *reply) {
  int32_t code = bourse__coinbase_error(call, reply);
  if (code != 0) return code;
  return bourse_refuse(call, BOURSE_ERROR_REFUSED, bourse_slice_of(""), bourse_slice_of("no reason was told"), 0);
}

static int32_t read_answer(bourse_call *call, const bourse_http_reply *reply, placed *out) {
  memset(out, 0, sizeof *out);
  int32_t code = bourse_read_object(call, reply, &answer_table, out);
  if (code != BOURSE_OK) return code;
  if (out->success <= 0) return refused(call, reply);
  if (out->id != NULL && out->id[0] != '\0') return BOURSE_OK;
  return bourse_no_order_id(call, "order_id");
}

static void set_asked(bourse_order *record, const bourse_market *market, const bourse_order_request *order) {
  bourse_set_asked(record, market, order);
  record->native_type = configuration_of(order);
}

PARSE(order) {
  placed answer;
  int32_t code = read_answer(call, reply, &answer);
  if (code != BOURSE_OK) return code == BOURSE_DONE ? BOURSE_OK : code;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  if (call->operation == BOURSE_OP_CLOSE_POSITION) {
    record->symbol = call->market->symbol;
    record->market_id = call->market->id;
    record->client_order_id = call->request->client_order_id;
    record->side = answer.side;
    record->type = BOURSE_ORDER_MARKET;
    record->close_position = BOURSE_YES;
    record->realization = BOURSE_NATIVE;
  } else {
    set_asked(record, call->markets[call->scratch[0]], call->request->orders[call->scratch[0]]);
  }
  record->id = answer.id;
  return bourse_next_items(call);
}

/* --- Orders that are only tested --- */

typedef struct tested {
  const char *id;
  bourse_slice first; /* what is wrong with it */
} tested;

static int32_t read_first(bourse_decoder *decoder, void *member) {
  bourse_slice *first = member, text;
  int32_t code = bourse_decode_array_begin(decoder, "errs");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    code = bourse_decode_text(decoder, &text);
    if (code == BOURSE_OK && first->length == 0) *first = text;
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field tested_fields[] = {
    BOURSE_FIELD_CUSTOM("errs", tested, first, read_first),
    BOURSE_FIELD("preview_id", STRING, tested, id),
};
static const bourse_table tested_table = BOURSE_TABLE(tested_fields);

PARSE(tested) {
  tested row = {NULL, {NULL, 0}};
  int32_t code = bourse_read_object(call, reply, &tested_table, &row);
  if (code != BOURSE_OK) return code;
  if (row.first.length > 0) {
    code = bourse_refuse(call, bourse__coinbase_error_code(row.first), row.first, row.first, 0);
    return code == BOURSE_DONE ? BOURSE_OK : code;
  }
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  set_asked(record, call->markets[call->scratch[0]], call->request->orders[call->scratch[0]]);
  return bourse_next_items(call);
}

PARSE(edit) {
  placed answer;
  const bourse_order *before = call->memory;
  memset(&answer, 0, sizeof answer);
  int32_t code = bourse_read_object(call, reply, &answer_table, &answer);
  if (code == BOURSE_OK && answer.success <= 0) code = refused(call, reply);
  if (code != BOURSE_OK) return code;
  const bourse_order_request *order = call->order;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->id = answer.id != NULL && answer.id[0] != '\0' ? answer.id
               : before != NULL                          ? before->id
                                                         : call->request->order_id;
  record->client_order_id = call->request->client_order_id != NULL ? call->request->client_order_id
                            : before != NULL                       ? before->client_order_id
                                                                   : NULL;
  record->symbol = call->market == NULL ? NULL : call->market->symbol;
  record->market_id = call->market == NULL ? NULL : call->market->id;
  record->side = order->side;
  record->type = order->type;
  record->price = PRESENT(order->price) || before == NULL ? order->price : before->price;
  record->amount = PRESENT(order->amount) || before == NULL ? order->amount : before->amount;
  record->contracts = order->contracts;
  if (PRESENT(order->contracts)) bourse_from_contracts(call->market, &order->contracts, &record->amount);
  record->updated_ns = call->now_ns;
  record->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}

/* --- What became of canceled ones --- */

typedef struct cancel_row {
  const char *id;
  const char *reason;
  int32_t success;
  int32_t reserved;
} cancel_row;

static const bourse_field cancel_fields[] = {
    BOURSE_FIELD_MUST("success", BOOL, cancel_row, success),
    BOURSE_FIELD("failure_reason", STRING, cancel_row, reason),
    BOURSE_FIELD("order_id", STRING, cancel_row, id),
};
static const bourse_table cancel_table = BOURSE_TABLE(cancel_fields);

typedef struct cancel_list {
  cancel_row *rows;
  uint32_t count;
} cancel_list;

static int32_t read_results(bourse_decoder *decoder, void *member) {
  cancel_list *list = member;
  uint32_t room = bourse_decode_count(decoder);
  list->rows = bourse_arena_alloc(decoder->arena, room * sizeof *list->rows);
  if (list->rows == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "results", "memory is out");
  int32_t code = bourse_decode_array_begin(decoder, "results");
  while (code == BOURSE_OK && list->count < room && bourse_decode_array_next(decoder))
    code = bourse_decode_object(decoder, &cancel_table, &list->rows[list->count++]);
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field results_fields[] = {
    BOURSE_FIELD_FULL("results", CUSTOM, cancel_list, rows, BOURSE_FIELD_REQUIRED, NULL, read_results)};
static const bourse_table results_table = BOURSE_TABLE(results_fields);
_Static_assert(offsetof(cancel_list, rows) == 0, "results are read through the address of the list");

/* The answer about an id: the one that names it, else the one in its place. */
static const cancel_row *row_of(const cancel_list *list, const char *id, uint32_t place) {
  for (uint32_t i = 0; i < list->count; i++)
    if (list->rows[i].id != NULL && strcmp(list->rows[i].id, id) == 0) return &list->rows[i];
  return place < list->count ? &list->rows[place] : NULL;
}

/* One that is being canceled already is as good as canceled. */
static int32_t append_canceled(bourse_call *call, uint32_t index, const char *id) {
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->id = id;
  record->client_order_id = call->operation == BOURSE_OP_CANCEL_ORDER    ? call->request->client_order_id
                            : call->operation == BOURSE_OP_CANCEL_ORDERS ? bourse_item_client_id(call, index)
                                                                         : NULL;
  record->symbol = call->market == NULL ? NULL : call->market->symbol;
  record->market_id = call->market == NULL ? NULL : call->market->id;
  record->status = BOURSE_ORDER_CANCELING;
  record->realization = BOURSE_NATIVE;
  record->outcome = BOURSE_OUTCOME_EXECUTED;
  return BOURSE_OK;
}

static int32_t cancel_failed(bourse_call *call, uint32_t index, const char *reason) {
  bourse_slice native = bourse_slice_of(reason);
  int32_t code = bourse__coinbase_is_blank(reason) ? BOURSE_ERROR_REFUSED : bourse__coinbase_error_code(native);
  int32_t single = call->operation == BOURSE_OP_CANCEL_ORDER ||
                   (call->operation == BOURSE_OP_CANCEL_ORDERS && bourse_item_count(call) == 1);
  if (single) return bourse_fail_exchange(call, code, native, native);
  if (call->operation == BOURSE_OP_CANCEL_ORDERS)
    return bourse_item_failed(call, index, code, bourse_refusal_outcome(code), native, native);
  int32_t appended = append_canceled(call, index, id_to_cancel(call, index));
  if (appended != BOURSE_OK) return appended;
  bourse_order *record = bourse_appended_at(call, bourse_appended(call) - 1);
  record->status = 0;
  record->error = code;
  record->outcome = bourse_refusal_outcome(code);
  record->error_code = record->error_message = reason;
  return BOURSE_OK;
}

static int32_t take_answer(bourse_call *call, const cancel_list *list, uint32_t index, uint32_t *place) {
  const char *id = id_to_cancel(call, index);
  if (id == NULL)
    return bourse_item_failed(call, index, BOURSE_ERROR_ORDER_NOT_FOUND, BOURSE_OUTCOME_REJECTED, bourse_slice_of(""),
                              bourse_slice_of("no open order has that client id"));
  const cancel_row *row = row_of(list, id, (*place)++);
  if (row == NULL)
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "results", "the reply tells nothing of order %s", id);
  if (row->success > 0 || (row->reason != NULL && strcmp(row->reason, "DUPLICATE_CANCEL_REQUEST") == 0))
    return append_canceled(call, index, id);
  return cancel_failed(call, index, row->reason);
}

PARSE(cancel) {
  cancel_list list = {NULL, 0};
  uint32_t place = 0;
  int32_t code = bourse_read_object(call, reply, &results_table, &list);
  if (call->scratch[1] == 0) plan_cancel(call); /* a reply decoded by itself */
  if (call->scratch[1] == 0 && call->operation == BOURSE_OP_CANCEL_ORDERS)
    bourse_plan_items(call, COINBASE_CANCEL_MAX, NULL);
  for (int64_t i = 0; code == BOURSE_OK && i < call->scratch[1]; i++)
    code = take_answer(call, &list, (uint32_t)(call->scratch[0] + i), &place);
  if (code != BOURSE_OK || call->operation != BOURSE_OP_CANCEL_ALL_ORDERS)
    return code == BOURSE_OK ? bourse_next_items(call) : code;
  call->scratch[0] += call->scratch[1];
  return call->scratch[0] < call->scratch[COINBASE_FOUND] ? BOURSE_CONTINUE : BOURSE_OK;
}
