/* exchange/kraken/orders.c - placing, changing and canceling orders. */
#include <inttypes.h>
#include <string.h>

#include "exchange/kraken/kraken.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Words --- */

static const bourse_name times_in_force[] = {
    {"GTC", BOURSE_GOOD_TILL_CANCELED},
    {"IOC", BOURSE_IMMEDIATE_OR_CANCEL},
    {"FOK", BOURSE_FILL_OR_KILL},
    {"GTD", BOURSE_GOOD_TILL_DATE},
    {NULL, 0},
};

static const bourse_name self_trades[] = {
    {"cancel-newest", BOURSE_SELF_TRADE_CANCEL_TAKER},
    {"cancel-oldest", BOURSE_SELF_TRADE_CANCEL_MAKER},
    {"cancel-both", BOURSE_SELF_TRADE_CANCEL_BOTH},
    {NULL, 0},
};

static const bourse_name triggers[] = {{"last", BOURSE_PRICE_LAST}, {"index", BOURSE_PRICE_INDEX}, {NULL, 0}};

/* An order is on margin when it says how much leverage it wants, or on whose account it is. */
static int32_t is_margin(const bourse_call *call, const bourse_order_request *order) {
  return PRESENT(order->leverage) || order->margin_mode != 0 || call->margin_mode != 0;
}

const bourse_order_request *bourse__kraken_subject(const bourse_call *call, const bourse_market **market) {
  uint32_t index = call->operation == BOURSE_OP_CREATE_ORDERS ? (uint32_t)call->scratch[0] : 0;
  if (call->request->order_count == 0) return NULL;
  *market = call->markets[index];
  return call->request->orders[index];
}

/* --- What an order may have --- */

/* 36 with dashes or 32 hex digits of a UUID, or up to 18 of anything else. */
static int32_t is_client_id(const char *id) {
  size_t length = strlen(id);
  if (length <= 18) return 1;
  if (length != 32 && length != 36) return 0;
  for (size_t i = 0; i < length; i++) {
    int32_t dash = length == 36 && (i == 8 || i == 13 || i == 18 || i == 23);
    if (dash ? id[i] != '-' : strchr("0123456789abcdefABCDEF", id[i]) == NULL) return 0;
  }
  return 1;
}

static int32_t check_client_id(bourse_call *call, const char *field, const char *id) {
  if (id == NULL || is_client_id(id)) return BOURSE_OK;
  return bourse_fail(call, BOURSE_ERROR_ARGUMENT, field,
                     "%s is \"%s\"; Kraken allows a UUID, its 32 hex digits, or up to 18 characters", field, id);
}

static int32_t check_attached(bourse_call *call, const bourse_order_request *order) {
  int32_t stop = PRESENT(order->attached_stop_loss_trigger), profit = PRESENT(order->attached_take_profit_trigger);
  if (stop && profit)
    return bourse_unsupported(call, "attached_take_profit_trigger",
                              "an order brings one conditional close along, a stop loss or a take profit");
  return BOURSE_OK;
}

static int32_t check_order(bourse_call *call, const bourse_order_request *order) {
  const char *field = NULL, *why = NULL;
  int32_t margin = is_margin(call, order), conditional = bourse_order_is_conditional(order);
  if (order->position_side != 0) field = "position_side", why = "positions on margin are told by side alone";
  if (order->borrow != 0) field = "borrow", why = "margin is lent with the order, by its leverage";
  if (order->reduce_only > 0 && !margin) field = "reduce_only", why = "it is for orders on margin";
  if (order->close_position > 0 && !margin) field = "close_position", why = "there are no positions without margin";
  if (order->trigger_by == BOURSE_PRICE_MARK) field = "trigger_by", why = "triggers go by the last or the index price";
  if (PRESENT(order->trailing_activation_price))
    field = "trailing_activation_price", why = "a trailing order is active at once";
  if (bourse_order_is_trailing(order) && order->type == BOURSE_ORDER_LIMIT)
    field = "price",
    why = "the limit of a trailing order is an offset: params ordertype = trailing-stop-limit and price2";
  if (order->self_trade != 0 && bourse_name_text(self_trades, order->self_trade) == NULL)
    field = "self_trade", why = "it cancels the newest, the oldest or both";
  if (PRESENT(order->cost) && (order->side != BOURSE_SIDE_BUY || margin))
    field = "cost", why = "amounts of quote currency are for buying at the market, without margin";
  if (PRESENT(order->cost) && conditional) field = "cost", why = "a conditional order takes amount";
  if (order->post_only > 0 && conditional) field = "post_only", why = "a conditional order cannot be post-only";
  if (PRESENT(order->iceberg_amount) && conditional)
    field = "iceberg_amount", why = "a conditional order cannot be an iceberg";
  if (field != NULL) return bourse_unsupported(call, field, why);
  if (margin && !PRESENT(order->leverage) && bourse_get_param(call, "leverage") == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "leverage", "an order on margin needs leverage");
  if (order->type == BOURSE_ORDER_MARKET && order->time_in_force != 0 &&
      order->time_in_force != BOURSE_IMMEDIATE_OR_CANCEL && order->time_in_force != BOURSE_GOOD_TILL_DATE)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "time_in_force", "a market order takes no time_in_force");
  if (order->expire_ns % KRAKEN_SECOND != 0)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "expire_ns",
                       "expire_ns has parts of a second; whole ones are wanted");
  int32_t code = check_client_id(call, "client_order_id", order->client_order_id);
  return code == BOURSE_OK ? check_attached(call, order) : code;
}

/* --- Parameters of an order --- */

static const char *order_type(const bourse_order_request *order) {
  int32_t limit = order->type == BOURSE_ORDER_LIMIT;
  if (bourse_order_is_trailing(order)) return "trailing-stop";
  if (!bourse_order_is_conditional(order))
    return PRESENT(order->iceberg_amount) ? "iceberg" : limit ? "limit" : "market";
  if (bourse_order_takes_profit(order)) return limit ? "take-profit-limit" : "take-profit";
  return limit ? "stop-loss-limit" : "stop-loss";
}

/* "+500" or "+1.5%" behind the best price so far. */
static void put_offset(bourse_call *call, const bourse_order_request *order) {
  int32_t percent = PRESENT(order->trailing_percent);
  bourse_text text;
  bourse_text_init(&text, call->arena);
  bourse_text_char(&text, '+');
  bourse_text_decimal(&text, percent ? &order->trailing_percent : &order->trailing_amount);
  if (percent) bourse_text_char(&text, '%');
  if (bourse_text_finish(&text) == NULL)
    bourse_fail_memory(call);
  else
    bourse_put(call, "price", text.data);
}

static void put_prices(bourse_call *call, const bourse_order_request *order) {
  const bourse_decimal *trigger = bourse_order_trigger(order);
  if (bourse_order_is_trailing(order)) {
    put_offset(call, order);
  } else if (trigger != NULL) {
    bourse_put_decimal(call, "price", trigger);
    bourse_put_decimal(call, "price2", &order->price);
  } else {
    bourse_put_decimal(call, "price", &order->price);
  }
  /* A trailing order follows the last price unless told otherwise, and says so. */
  if (bourse_order_is_conditional(order) && (order->trigger_by != 0 || bourse_order_is_trailing(order)))
    bourse_put(call, "trigger",
               bourse_name_text(triggers, order->trigger_by == 0 ? BOURSE_PRICE_LAST : order->trigger_by));
}

static void put_flags(bourse_call *call, const bourse_order_request *order) {
  if (order->post_only > 0) bourse_put(call, "oflags", "post");
  if (PRESENT(order->cost)) bourse_put(call, "oflags", "viqc");
}

typedef struct close_order {
  const char *type;
  const bourse_decimal *trigger;
  const bourse_decimal *price;
} close_order;

static int32_t close_of(const bourse_order_request *order, close_order *out) {
  int32_t stop = PRESENT(order->attached_stop_loss_trigger);
  out->trigger = stop ? &order->attached_stop_loss_trigger : &order->attached_take_profit_trigger;
  out->price = stop ? &order->attached_stop_loss_price : &order->attached_take_profit_price;
  int32_t limit = bourse_decimal_is_present(out->price);
  out->type = stop ? (limit ? "stop-loss-limit" : "stop-loss") : (limit ? "take-profit-limit" : "take-profit");
  return bourse_order_has_attached(order);
}

static void put_order(bourse_call *call, const bourse_order_request *order) {
  bourse_put(call, "type", bourse_name_text(bourse__kraken_sides, order->side));
  bourse_put(call, "ordertype", order_type(order));
  if (order->close_position > 0 && !PRESENT(order->amount))
    bourse_put(call, "volume", "0"); /* the whole position */
  else
    bourse_put_decimal(call, "volume", PRESENT(order->cost) ? &order->cost : &order->amount);
  put_prices(call, order);
  bourse_put_decimal(call, "displayvol", &order->iceberg_amount);
  bourse_put_decimal(call, "leverage", &order->leverage);
  if (order->reduce_only > 0) bourse_put(call, "reduce_only", "true");
  bourse_put(call, "stptype", bourse_name_text(self_trades, order->self_trade));
  put_flags(call, order);
  if (order->time_in_force != 0 && order->type != BOURSE_ORDER_MARKET)
    bourse_put(call, "timeinforce", bourse_name_text(times_in_force, order->time_in_force));
  if (order->expire_ns != 0) bourse_put_int(call, "expiretm", order->expire_ns / KRAKEN_SECOND);
  bourse_put(call, "cl_ord_id", order->client_order_id);
}

/* In a JSON body it is an object, in a form the parts have names of their own. */
static int32_t put_close(bourse_call *call, const bourse_order_request *order) {
  close_order closing;
  bourse_text text;
  if (!close_of(order, &closing)) return BOURSE_OK;
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, "{\"ordertype\":\"");
  bourse_text_string(&text, closing.type);
  bourse_text_string(&text, "\",\"price\":\"");
  bourse_text_decimal(&text, closing.trigger);
  if (bourse_decimal_is_present(closing.price)) {
    bourse_text_string(&text, "\",\"price2\":\"");
    bourse_text_decimal(&text, closing.price);
  }
  bourse_text_string(&text, "\"}");
  return bourse_put_text(call, "close", &text);
}

static void put_close_parts(bourse_call *call, const bourse_order_request *order) {
  close_order closing;
  if (!close_of(order, &closing)) return;
  bourse_put(call, "close[ordertype]", closing.type);
  bourse_put_decimal(call, "close[price]", closing.trigger);
  bourse_put_decimal(call, "close[price2]", closing.price);
}

BUILD(order) {
  const bourse_market *market = NULL;
  const bourse_order_request *order = bourse__kraken_subject(call, &market);
  int32_t code = check_order(call, order);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "pair", market->id);
  put_order(call, order);
  if (PRESENT(order->trailing_percent))
    code = put_close(call, order);
  else
    put_close_parts(call, order);
  if (code != BOURSE_OK) return code;
  if (order->test > 0) bourse_put(call, "validate", "true");
  bourse__kraken_weigh_orders(call, market, 1);
  return BOURSE_OK;
}

/* --- Batches --- */

/* A batch is of one market, and is tested whole or not at all. */
int32_t bourse__kraken_is_batch(const bourse_call *call) {
  uint32_t variant = call->endpoint->variant & ~(uint32_t)KRAKEN_OVER_SOCKET;
  return variant == KRAKEN_BATCH || variant == KRAKEN_BATCH_TEST;
}

static int32_t go_together(const bourse_call *call, uint32_t a, uint32_t b) {
  return call->markets[a] == call->markets[b] &&
         (call->request->orders[a]->test > 0) == (call->request->orders[b]->test > 0);
}

#define BATCH_MAX  15
#define CANCEL_MAX 50

uint32_t bourse__kraken_plan_step(bourse_call *call) {
  uint32_t first = (uint32_t)call->scratch[0];
  if (call->operation == BOURSE_OP_CANCEL_ORDERS) {
    bourse_plan_items(call, CANCEL_MAX, NULL);
    return KRAKEN_BATCH;
  }
  uint32_t count = bourse_plan_items(call, BATCH_MAX, go_together);
  int32_t test = call->request->orders[first]->test > 0;
  return count > 1 ? (test ? KRAKEN_BATCH_TEST : KRAKEN_BATCH) : (test ? KRAKEN_TEST : KRAKEN_USUAL);
}

BUILD(batch_orders) {
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1];
  bourse_text text;
  bourse_put(call, "pair", call->markets[first]->id);
  bourse_text_init(&text, call->arena);
  for (uint32_t i = first; i < first + count; i++) {
    const bourse_order_request *order = call->request->orders[i];
    uint32_t mark = call->wire.param_count;
    int32_t code = check_order(call, order);
    if (code != BOURSE_OK) return code;
    put_order(call, order);
    code = put_close(call, order);
    if (code != BOURSE_OK) return code;
    bourse_text_char(&text, i == first ? '[' : ',');
    bourse_fold_params(call, &text, mark);
  }
  bourse_text_char(&text, ']');
  int32_t put = bourse_put_text(call, "orders", &text);
  if (put != BOURSE_OK) return put;
  if (call->request->orders[first]->test > 0) bourse_put_json(call, "validate", "true");
  bourse__kraken_weigh_orders(call, call->markets[first], (count + 1) / 2);
  return BOURSE_OK;
}

/* --- Changing --- */

BUILD(amend) {
  const bourse_order_request *order = call->order;
  int32_t code = bourse_check_edit(call, order, BOURSE_EDIT_VISIBLE | BOURSE_EDIT_POST_ONLY);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "txid", call->request->order_id);
  bourse_put(call, "cl_ord_id", call->request->client_order_id);
  bourse_put_decimal(call, "order_qty", &order->amount);
  bourse_put_decimal(call, "limit_price", &order->price);
  const bourse_decimal *trigger = bourse_order_trigger(order);
  if (trigger != NULL) bourse_put_decimal(call, "trigger_price", trigger);
  bourse_put_decimal(call, "display_qty", &order->iceberg_amount);
  if (order->post_only > 0) bourse_put(call, "post_only", "true");
  bourse__kraken_weigh_amendment(call, call->request->order_id, call->request->client_order_id);
  return BOURSE_OK;
}

/* --- Canceling --- */

/* A number would be taken for a user reference, and every order that has it would be canceled. */
static int32_t check_order_id(bourse_call *call, const char *field, const char *id) {
  if (id == NULL || strspn(id, "-0123456789") != strlen(id)) return BOURSE_OK;
  return bourse_fail(call, BOURSE_ERROR_ARGUMENT, field,
                     "%s is \"%s\", a user reference, which may be that of several orders; ids look like "
                     "OABC12-DEFGH-IJKLMN",
                     field, id);
}

BUILD(cancel) {
  int32_t code = check_order_id(call, "order_id", call->request->order_id);
  bourse_put(call, "txid", call->request->order_id);
  bourse_put(call, "cl_ord_id", call->request->client_order_id);
  bourse__kraken_weigh_cancel(call, call->request->order_id, call->request->client_order_id);
  return code;
}

static int32_t put_list(bourse_call *call, int32_t by_id, const char *const *ids, uint32_t count) {
  bourse_text text;
  bourse_text_init(&text, call->arena);
  for (uint32_t i = 0; i < count; i++) {
    if (by_id && check_order_id(call, "order_ids", ids[i]) != BOURSE_OK) return BOURSE_ERROR_ARGUMENT;
    bourse_text_char(&text, i == 0 ? '[' : ',');
    bourse_text_json(&text, ids[i], strlen(ids[i]));
    bourse__kraken_weigh_cancel(call, ids[i], NULL);
  }
  bourse_text_char(&text, ']');
  if (bourse_text_finish(&text) == NULL) return bourse_fail_memory(call);
  bourse_put_json(call, by_id ? "orders" : "cl_ord_ids", text.data);
  return BOURSE_OK;
}

BUILD(batch_cancel) {
  const bourse_request *request = call->request;
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1];
  if (call->operation == BOURSE_OP_CANCEL_ALL_ORDERS)
    return put_list(call, 1, (const char *const *)call->memory + first, count);
  if (request->order_id_count > 0) return put_list(call, 1, request->order_ids + first, count);
  return put_list(call, 0, request->client_order_ids + first, count);
}

BUILD(cancel_all_after) {
  const bourse_request *request = call->request;
  if (call->market != NULL)
    return bourse_unsupported(call, "symbol", "the timer is that of the whole account, orders made elsewhere included");
  if (request->timer_ms > 0 && (request->timer_ms % 1000 != 0 || request->timer_ms >= 86400000))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "timer_ms",
                       "timer_ms is %" PRId64 "; whole seconds are wanted, less than a day", request->timer_ms);
  bourse_put_int(call, "timeout", request->timer_ms > 0 ? request->timer_ms / 1000 : 0);
  return BOURSE_OK;
}

/* --- What placing, changing and canceling are answered with: ids, and hardly more --- */

/* A refusal of one of several items is told in its record, and the operation goes on or is done. */
static int32_t unwrap(bourse_call *call, const bourse_http_reply *reply, bourse_http_reply *result, int32_t *over) {
  int32_t code = bourse__kraken_unwrap(call, reply, result);
  *over = code != BOURSE_OK;
  return code == BOURSE_DONE ? BOURSE_OK : code;
}

typedef struct id_row {
  const char *id;
  const char *error;
} id_row;

/* "ID", or ["ID"] where it could be several. */
static int32_t read_id(bourse_decoder *decoder, void *member) {
  const char **id = member;
  if (bourse_json_kind(&decoder->json) != BOURSE_JSON_ARRAY)
    return bourse_decode_value(decoder, BOURSE_AS_ID, NULL, "txid", id);
  int32_t code = bourse_decode_array_begin(decoder, "txid");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    const char *one = NULL;
    code = bourse_decode_value(decoder, BOURSE_AS_ID, NULL, "txid", &one);
    if (*id == NULL) *id = one;
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field id_fields[] = {
    BOURSE_FIELD("descr", CHECK, id_row, id),
    BOURSE_FIELD_CUSTOM("txid", id_row, id, read_id),
    BOURSE_FIELD("order_id", ID, id_row, id), /* so in answers to messages */
    BOURSE_FIELD("error", STRING, id_row, error),
};
static const bourse_table id_table = BOURSE_TABLE(id_fields);

/* The reply tells the id; the rest is what was asked for. */
static int32_t append_placed(bourse_call *call, const bourse_order_request *order, const bourse_market *market,
                             const char *id) {
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  bourse_set_asked(record, market, order);
  record->id = id;
  record->native_type = order_type(order);
  record->margin_mode = is_margin(call, order) ? BOURSE_MARGIN_CROSS : 0;
  bourse__kraken_remember(call, id);
  bourse__kraken_remember(call, order->client_order_id);
  return BOURSE_OK;
}

PARSE(order) {
  id_row row = {NULL, NULL};
  bourse_http_reply result;
  int32_t over = 0, code = unwrap(call, reply, &result, &over);
  if (over) return code;
  const bourse_market *market = NULL;
  const bourse_order_request *order = bourse__kraken_subject(call, &market);
  code = bourse_read_object(call, &result, &id_table, &row);
  if (code != BOURSE_OK) return code;
  if (row.id == NULL && order->test <= 0) return bourse_no_order_id(call, "txid");
  code = append_placed(call, order, market, row.id);
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

/* One answer for each order, in their order: an id or an error. */
static int32_t batch_row(bourse_call *call, bourse_decoder *decoder) {
  id_row row = {NULL, NULL};
  int32_t code = bourse_decode_object(decoder, &id_table, &row);
  uint32_t index = (uint32_t)(call->scratch[0] + call->scratch[2]);
  if (code != BOURSE_OK) return code;
  if (call->scratch[2]++ >= call->scratch[1])
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "orders", "more answers than orders");
  const bourse_order_request *order = call->request->orders[index];
  if (row.error == NULL && row.id == NULL && order->test <= 0) return bourse_no_order_id(call, "txid");
  if (row.error == NULL) return append_placed(call, order, call->markets[index], row.id);
  bourse_slice text = {row.error, strlen(row.error)};
  int32_t error = bourse__kraken_error_code(call->operation, text);
  return bourse_item_failed(call, index, error, bourse_refusal_outcome(error), text, text);
}

static int32_t batch_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  if (bourse_slice_is(key, "orders")) return bourse_read_array(call, decoder, "orders", batch_row);
  bourse_json_skip(&decoder->json);
  return BOURSE_OK;
}

PARSE(batch_orders) {
  bourse_decoder decoder;
  bourse_http_reply result;
  int32_t over = 0, code = unwrap(call, reply, &result, &over);
  if (over) return code;
  if (call->scratch[1] == 0) bourse__kraken_plan_step(call); /* a reply decoded by itself */
  call->scratch[2] = 0;
  bourse_decode_reply(call, &decoder, &result);
  code = bourse_json_kind(&decoder.json) == BOURSE_JSON_ARRAY ? bourse_read_array(call, &decoder, "result", batch_row)
                                                              : bourse_read_map(call, &decoder, "result", batch_entry);
  code = bourse_read_end(call, &decoder, code);
  if (code != BOURSE_OK) return code;
  if (call->scratch[2] < call->scratch[1])
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "orders", "the reply tells of %d orders, %d were sent",
                       (int)call->scratch[2], (int)call->scratch[1]);
  return bourse_next_items(call);
}

typedef struct amend_row {
  const char *amend_id;
} amend_row;
static const bourse_field amend_fields[] = {BOURSE_FIELD_MUST("amend_id", ID, amend_row, amend_id)};
static const bourse_table amend_table = BOURSE_TABLE(amend_fields);

PARSE(amend) {
  amend_row row = {NULL};
  int32_t code = bourse__kraken_object(call, reply, &amend_table, &row);
  if (code != BOURSE_OK) return code;
  return bourse_append_amended(call) == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

typedef struct cancel_row {
  int64_t count;
  int32_t pending;
} cancel_row;

static const bourse_field cancel_fields[] = {
    BOURSE_FIELD_MUST("count", INT64, cancel_row, count),
    BOURSE_FIELD("pending", BOOL, cancel_row, pending),
};
static const bourse_table cancel_table = BOURSE_TABLE(cancel_fields);

/* Answers to messages name the one order that was canceled, or count those of a batch. */
typedef struct named_row {
  const char *id;
  const char *client_id;
  int64_t count;
} named_row;

static const bourse_field named_fields[] = {
    BOURSE_FIELD("order_id", ID, named_row, id),
    BOURSE_FIELD("cl_ord_id", ID, named_row, client_id),
    BOURSE_FIELD("orders_cancelled", INT64, named_row, count),
};
static const bourse_table named_table = BOURSE_TABLE(named_fields);

static int32_t read_canceled(bourse_call *call, const bourse_http_reply *result, cancel_row *row) {
  named_row named = {NULL, NULL, -1};
  if (!bourse__kraken_is_message(call)) return bourse_read_object(call, result, &cancel_table, row);
  int32_t code = bourse_read_object(call, result, &named_table, &named);
  if (code != BOURSE_OK) return code;
  if (named.count < 0 && named.id == NULL && named.client_id == NULL)
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "order_id", "the reply tells no order");
  row->count = named.count < 0 ? 1 : named.count;
  return BOURSE_OK;
}

static int32_t append_canceled(bourse_call *call, const char *id, const char *client_id, int32_t pending) {
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->id = id;
  record->client_order_id = client_id;
  record->symbol = call->market == NULL ? NULL : call->market->symbol;
  record->market_id = call->market == NULL ? NULL : call->market->id;
  record->status = pending ? BOURSE_ORDER_CANCELING : BOURSE_ORDER_CANCELED;
  record->realization = BOURSE_NATIVE;
  record->outcome = BOURSE_OUTCOME_EXECUTED;
  return BOURSE_OK;
}

PARSE(cancel) {
  cancel_row row = {0, 0};
  bourse_http_reply result;
  int32_t code = bourse__kraken_unwrap(call, reply, &result);
  if (code == BOURSE_OK) code = read_canceled(call, &result, &row);
  if (code != BOURSE_OK) return code;
  if (row.count <= 0 && row.pending <= 0)
    return bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND, NULL, "nothing was canceled: no such order is open");
  return append_canceled(call, call->request->order_id, call->request->client_order_id, row.pending > 0);
}

/* All of them: how many is told, not which. */
PARSE(cancel_all) {
  cancel_row row = {0, 0};
  return bourse__kraken_object(call, reply, &cancel_table, &row);
}

/* The reply counts. When some were not canceled it does not say which. */
static int32_t append_batch(bourse_call *call, int64_t count) {
  static const char why[] = "the exchange canceled some of these orders and does not say which";
  const bourse_request *request = call->request;
  int32_t whole = call->operation == BOURSE_OP_CANCEL_ALL_ORDERS;
  int32_t code = BOURSE_OK;
  for (int64_t i = 0; code == BOURSE_OK && i < call->scratch[1]; i++) {
    uint32_t index = (uint32_t)(call->scratch[0] + i);
    const char *id = whole ? ((const char *const *)call->memory)[index] : bourse_item_id(call, index);
    const char *client_id = index < request->client_order_id_count ? request->client_order_ids[index] : NULL;
    code = append_canceled(call, id, client_id, 0);
    if (code != BOURSE_OK || count >= call->scratch[1]) continue;
    bourse_order *record = bourse_appended_at(call, bourse_appended(call) - 1);
    record->status = count <= 0 ? 0 : BOURSE_ORDER_UNKNOWN;
    record->error = count <= 0 ? BOURSE_ERROR_ORDER_NOT_FOUND : BOURSE_ERROR_FATE_UNKNOWN;
    record->outcome = count <= 0 ? BOURSE_OUTCOME_REJECTED : BOURSE_OUTCOME_UNKNOWN;
    record->error_message = count <= 0 ? "no such order is open" : why;
  }
  return code;
}

PARSE(batch_cancel) {
  cancel_row row = {0, 0};
  bourse_http_reply result;
  int32_t over = 0, code = unwrap(call, reply, &result, &over);
  if (over) return code;
  if (call->scratch[1] == 0 && call->operation == BOURSE_OP_CANCEL_ORDERS)
    bourse__kraken_plan_step(call); /* as above */
  code = read_canceled(call, &result, &row);
  if (code == BOURSE_OK) code = append_batch(call, row.count);
  if (code != BOURSE_OK || call->operation == BOURSE_OP_CANCEL_ORDERS)
    return code == BOURSE_OK ? bourse_next_items(call) : code;
  call->scratch[0] += call->scratch[1];
  call->scratch[1] =
      call->scratch[2] - call->scratch[0] < CANCEL_MAX ? call->scratch[2] - call->scratch[0] : CANCEL_MAX;
  return call->scratch[1] > 0 ? BOURSE_CONTINUE : BOURSE_OK;
}

/* cancel_all_orders of one market: the open orders tell which those are. scratch[2] is their number. */
PARSE(orders_to_cancel) {
  int32_t code = bourse__kraken_read_orders(call, reply);
  if (code != BOURSE_OK) return code;
  uint32_t count = bourse_appended(call);
  const char **ids = bourse_arena_alloc(call->arena, (count + 1) * sizeof *ids);
  if (ids == NULL) return bourse_fail_memory(call);
  for (uint32_t i = 0; i < count; i++) ids[i] = ((const bourse_order *)bourse_appended_at(call, i))->id;
  bourse_truncate(call, 0);
  call->memory = ids;
  call->scratch[0] = 0;
  call->scratch[1] = count < CANCEL_MAX ? count : CANCEL_MAX;
  call->scratch[2] = count;
  return count > 0 ? BOURSE_CONTINUE : BOURSE_OK;
}

/* --- Dead man's switch --- */

typedef struct timer_row {
  int64_t now_ns;
  int64_t due_ns;
} timer_row;

/* "0" when it is off. */
static int32_t read_due(bourse_decoder *decoder, void *member) {
  bourse_slice text = {NULL, 0};
  bourse_json ahead = decoder->json;
  int32_t code = bourse_decode_text(decoder, &text);
  if (code != BOURSE_OK || bourse_slice_is(text, "0")) return code;
  decoder->json = ahead;
  return bourse_decode_value(decoder, BOURSE_AS_TIME_ISO, NULL, "triggerTime", member);
}

static const bourse_field timer_fields[] = {
    BOURSE_FIELD("currentTime", TIME_ISO, timer_row, now_ns),
    BOURSE_FIELD_FULL("triggerTime", CUSTOM, timer_row, due_ns, BOURSE_FIELD_REQUIRED, NULL, read_due),
};
static const bourse_table timer_table = BOURSE_TABLE(timer_fields);

PARSE(cancel_all_after) {
  timer_row row = {0, 0};
  int32_t code = bourse__kraken_object(call, reply, &timer_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_receipt *receipt = bourse_append(call, BOURSE_KIND_RECEIPT);
  if (receipt == NULL) return BOURSE_ERROR_MEMORY;
  receipt->time_ns = row.now_ns;
  receipt->due_ns = row.due_ns;
  receipt->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}

/* --- Closing a position on margin: what it is, then an order of the other side for all of it --- */

BUILD(close_position) {
  const bourse__kraken_position *position = call->memory;
  int32_t code = check_client_id(call, "client_order_id", call->request->client_order_id);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "pair", call->market->id);
  bourse_put(call, "type", position->side == BOURSE_POSITION_LONG ? "sell" : "buy");
  bourse_put(call, "ordertype", "market");
  bourse_put(call, "volume", "0");
  bourse_put_decimal(call, "leverage", &position->leverage);
  bourse_put(call, "reduce_only", "true");
  bourse_put(call, "cl_ord_id", call->request->client_order_id);
  bourse__kraken_weigh_orders(call, call->market, 1);
  return BOURSE_OK;
}

PARSE(closed_position) {
  id_row row = {NULL, NULL};
  const bourse__kraken_position *position = call->memory;
  int32_t code = bourse__kraken_object(call, reply, &id_table, &row);
  if (code != BOURSE_OK) return code;
  if (row.id == NULL) return bourse_no_order_id(call, "txid");
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->id = row.id;
  record->client_order_id = call->request->client_order_id;
  record->symbol = call->market->symbol;
  record->market_id = call->market->id;
  record->side = position != NULL && position->side == BOURSE_POSITION_LONG ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  record->type = BOURSE_ORDER_MARKET;
  record->reduce_only = record->close_position = BOURSE_YES;
  record->margin_mode = BOURSE_MARGIN_CROSS;
  record->realization = BOURSE_EMULATED;
  bourse__kraken_remember(call, row.id);
  return BOURSE_OK;
}
