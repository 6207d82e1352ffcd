/* exchange/coinbase/reports.c - what the exchange tells of orders and fills. */
#include <string.h>

#include "exchange/coinbase/coinbase.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* Most rows of a page. */
#define PAGE_ROWS 100

/* --- Words --- */

const bourse_name bourse__coinbase_sides[] = BOURSE_SIDE_NAMES("BUY", "SELL");

static const bourse_name statuses[] = {
    {"PENDING", BOURSE_ORDER_PENDING},
    {"QUEUED", BOURSE_ORDER_PENDING},
    {"OPEN", BOURSE_ORDER_OPEN},
    {"EDIT_QUEUED", BOURSE_ORDER_OPEN},
    {"CANCEL_QUEUED", BOURSE_ORDER_CANCELING},
    {"FILLED", BOURSE_ORDER_FILLED},
    {"CANCELLED", BOURSE_ORDER_CANCELED},
    {"EXPIRED", BOURSE_ORDER_EXPIRED},
    {"FAILED", BOURSE_ORDER_REJECTED},
    {NULL, 0},
};

int32_t bourse__coinbase_status(bourse_slice word, int32_t canceling, int32_t waits) {
  int32_t status = bourse_name_value(statuses, word);
  if (status == 0) return BOURSE_ORDER_UNKNOWN;
  if (canceling && (status == BOURSE_ORDER_OPEN || status == BOURSE_ORDER_PENDING)) return BOURSE_ORDER_CANCELING;
  return waits && status == BOURSE_ORDER_OPEN ? BOURSE_ORDER_UNTRIGGERED : status;
}

static const bourse_name times_in_force[] = {
    {"GOOD_UNTIL_CANCELLED", BOURSE_GOOD_TILL_CANCELED},
    {"GOOD_UNTIL_DATE_TIME", BOURSE_GOOD_TILL_DATE},
    {"IMMEDIATE_OR_CANCEL", BOURSE_IMMEDIATE_OR_CANCEL},
    {"FILL_OR_KILL", BOURSE_FILL_OR_KILL},
    {NULL, 0},
};

int32_t bourse__coinbase_time_in_force(bourse_slice word) { return bourse_name_value(times_in_force, word); }

int32_t bourse__coinbase_is_blank(const char *text) {
  static const char *const blanks[] = {"UNKNOWN_", "REJECT_REASON_UNSPECIFIED"};
  if (text == NULL || text[0] == '\0') return 1;
  for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++)
    if (bourse_slice_begins(bourse_slice_of(text), blanks[i]) && strcmp(text, "UNKNOWN_CANCEL_ORDER") != 0) return 1;
  return 0;
}

static const bourse_name directions[] = {
    {"STOP_DIRECTION_STOP_UP", BOURSE_TRIGGER_RISE}, {"STOP_DIRECTION_STOP_DOWN", BOURSE_TRIGGER_FALL}, {NULL, 0}};

/* A stop loss fires when a sale sinks or a purchase rises, a take profit the other way round. */
void bourse__coinbase_set_trigger(bourse_order *order, const bourse_decimal *price, int32_t direction) {
  if (!bourse_decimal_is_present(price)) return;
  if (direction == 0 || order->side == 0)
    order->trigger_price = *price;
  else if ((direction == BOURSE_TRIGGER_RISE) == (order->side == BOURSE_SIDE_SELL))
    order->take_profit_price = *price;
  else
    order->stop_loss_price = *price;
}

/* --- Orders --- */

/* The one member of an order's configuration; its name says what kind of order it is. */
typedef struct configuration {
  bourse_decimal base_size;
  bourse_decimal quote_size;
  bourse_decimal limit_price;
  bourse_decimal stop_price;
  bourse_decimal bracket_stop;
  int64_t end_ns;
  int32_t direction;
  int32_t post_only;
  int32_t type;
  int32_t conditional;
  int32_t time_in_force;
  int32_t reserved;
} configuration;

static const bourse_field configuration_fields[] = {
    BOURSE_FIELD("base_size", DECIMAL, configuration, base_size),
    BOURSE_FIELD("quote_size", DECIMAL, configuration, quote_size),
    BOURSE_FIELD("limit_price", DECIMAL, configuration, limit_price),
    BOURSE_FIELD("stop_price", DECIMAL, configuration, stop_price),
    BOURSE_FIELD("stop_trigger_price", DECIMAL, configuration, bracket_stop),
    BOURSE_FIELD_ENUM("stop_direction", configuration, direction, directions),
    BOURSE_FIELD_CUSTOM("end_time", configuration, end_ns, bourse__coinbase_read_time),
    BOURSE_FIELD("post_only", BOOL, configuration, post_only),
};
static const bourse_table configuration_table = BOURSE_TABLE(configuration_fields);

static void name_configuration(configuration *one, bourse_slice name) {
  int32_t stop = bourse_slice_begins(name, "stop_limit"), bracket = bourse_slice_begins(name, "trigger_bracket");
  one->type = bourse_slice_begins(name, "market_market") ? BOURSE_ORDER_MARKET : BOURSE_ORDER_LIMIT;
  one->conditional = stop || bracket ? BOURSE_YES : BOURSE_NO;
  if (bourse_slice_contains(name, "_gtc")) one->time_in_force = BOURSE_GOOD_TILL_CANCELED;
  if (bourse_slice_contains(name, "_gtd")) one->time_in_force = BOURSE_GOOD_TILL_DATE;
  if (bourse_slice_contains(name, "_ioc")) one->time_in_force = BOURSE_IMMEDIATE_OR_CANCEL;
  if (bourse_slice_contains(name, "_fok")) one->time_in_force = BOURSE_FILL_OR_KILL;
}

static int32_t read_configuration(bourse_decoder *decoder, void *member) {
  configuration *one = member;
  bourse_json *json = &decoder->json;
  bourse_slice key;
  int32_t code = BOURSE_OK;
  if (bourse_json_kind(json) != BOURSE_JSON_OBJECT)
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "order_configuration", "not an object");
  if (!bourse_json_object_begin(json)) return decoder->error;
  while (code == BOURSE_OK && decoder->error == BOURSE_OK && bourse_json_object_next(json, &key)) {
    if (bourse_json_kind(json) != BOURSE_JSON_OBJECT) {
      bourse_json_skip(json);
      continue;
    }
    name_configuration(one, key);
    code = bourse_decode_object(decoder, &configuration_table, one);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

typedef struct order_row {
  bourse_order order;
  configuration asked;
  configuration attached;
  bourse_decimal size;
  bourse_decimal filled;
  const char *trigger_status;
  const char *time_in_force;
  const char *reject_reason;
  const char *reject_message;
  const char *cancel_message;
  int64_t filled_ns;
  int32_t canceling;
  int32_t in_quote;
} order_row;

static const bourse_field order_fields[] = {
    BOURSE_FIELD_MUST("order_id", STRING, order_row, order.id),
    BOURSE_FIELD_CUSTOM("product_id", order_row, order.symbol, bourse__coinbase_read_market),
    BOURSE_FIELD_CUSTOM("order_configuration", order_row, asked, read_configuration),
    BOURSE_FIELD_ENUM("side", order_row, order.side, bourse__coinbase_sides),
    BOURSE_FIELD("client_order_id", STRING, order_row, order.client_order_id),
    BOURSE_FIELD_MUST("status", STRING, order_row, order.native_status),
    BOURSE_FIELD("time_in_force", STRING, order_row, time_in_force),
    BOURSE_FIELD_CUSTOM("created_time", order_row, order.created_ns, bourse__coinbase_read_time),
    BOURSE_FIELD("filled_size", DECIMAL, order_row, filled),
    BOURSE_FIELD_CUSTOM("average_filled_price", order_row, order.average, bourse_decode_nonzero),
    BOURSE_FIELD("filled_value", DECIMAL, order_row, order.cost),
    BOURSE_FIELD("pending_cancel", BOOL, order_row, canceling),
    BOURSE_FIELD("size_in_quote", BOOL, order_row, in_quote),
    BOURSE_FIELD("total_fees", DECIMAL, order_row, order.fee),
    BOURSE_FIELD("trigger_status", STRING, order_row, trigger_status),
    BOURSE_FIELD("order_type", STRING, order_row, order.native_type),
    BOURSE_FIELD("reject_reason", STRING, order_row, reject_reason),
    BOURSE_FIELD("reject_message", STRING, order_row, reject_message),
    BOURSE_FIELD("cancel_message", STRING, order_row, cancel_message),
    BOURSE_FIELD_CUSTOM("last_fill_time", order_row, filled_ns, bourse__coinbase_read_time),
    BOURSE_FIELD_CUSTOM("last_update_time", order_row, order.updated_ns, bourse__coinbase_read_time),
    BOURSE_FIELD("originating_order_id", STRING, order_row, order.list_id),
};
static const bourse_table order_table = BOURSE_TABLE(order_fields);

/* In contracts alone where it is not known what one is. */
static void to_base(const bourse_market *market, bourse_decimal *contracts, bourse_decimal *amount) {
  *contracts = *amount;
  if (market != NULL)
    bourse_from_contracts(market, amount, amount);
  else
    memset(amount, 0, sizeof *amount);
}

static void set_amounts(const bourse_market *market, order_row *row) {
  bourse_order *order = &row->order;
  bourse_slice id = bourse_slice_of(order->market_id == NULL ? "" : order->market_id);
  order->filled = row->filled;
  if (row->in_quote > 0 || !PRESENT(row->asked.base_size))
    order->requested_cost = row->asked.quote_size;
  else
    order->amount = row->asked.base_size;
  if (bourse__coinbase_in_contracts(market, id)) {
    to_base(market, &order->contracts, &order->amount);
    to_base(market, &order->filled_contracts, &order->filled);
  }
  if (PRESENT(order->amount) && PRESENT(order->filled))
    bourse_decimal_sub(&order->remaining, &order->amount, &order->filled);
}

static const char *reason_of(const order_row *row) {
  const char *const reasons[] = {row->reject_message, row->cancel_message, row->reject_reason};
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
    if (!bourse__coinbase_is_blank(reasons[i])) return reasons[i];
  return NULL;
}

static void finish_order(bourse_call *call, order_row *row) {
  bourse_order *order = &row->order;
  const configuration *asked = &row->asked;
  const bourse_market *market =
      order->market_id == NULL ? NULL : bourse__coinbase_market(call, bourse_slice_of(order->market_id));
  int32_t waits = row->trigger_status != NULL && strcmp(row->trigger_status, "STOP_PENDING") == 0;
  set_amounts(market, row);
  order->status = bourse__coinbase_status(bourse_slice_of(order->native_status), row->canceling > 0, waits);
  order->time_in_force = bourse__coinbase_time_in_force(bourse_slice_of(row->time_in_force));
  if (order->time_in_force == 0) order->time_in_force = asked->time_in_force;
  order->type = asked->type;
  order->conditional = asked->conditional;
  order->post_only = asked->post_only;
  order->price = asked->limit_price;
  order->expire_ns = asked->end_ns;
  bourse__coinbase_set_trigger(order, &asked->stop_price, asked->direction);
  if (PRESENT(asked->bracket_stop)) order->stop_loss_price = asked->bracket_stop;
  order->reason = reason_of(row);
  if (row->filled_ns > order->updated_ns) order->updated_ns = row->filled_ns;
  if (PRESENT(order->fee) && market != NULL) order->fee_currency = market->quote;
  order->realization = BOURSE_NATIVE;
}

/* Whether the caller wants this one: its market, its time, its status, its kind. */
static int32_t is_wanted(const bourse_call *call, const bourse_order *order) {
  const bourse_request *request = call->request;
  if (call->market != NULL && order->market_id != NULL && call->market->id != call->market->symbol &&
      !bourse_is_wanted(call, order->market_id))
    return 0;
  if (call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS && order->status != BOURSE_ORDER_FILLED) return 0;
  if (call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS && order->status != BOURSE_ORDER_CANCELED) return 0;
  if (request->trigger != 0 && order->conditional != 0 && (request->trigger > 0) != (order->conditional > 0)) return 0;
  if (request->since_ns != 0 && order->created_ns != 0 && order->created_ns < request->since_ns) return 0;
  return request->until_ns == 0 || order->created_ns <= request->until_ns;
}

static int32_t read_order(bourse_call *call, bourse_decoder *decoder, bourse_order *out) {
  order_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &order_table, &row);
  if (code != BOURSE_OK) return code;
  finish_order(call, &row);
  *out = row.order;
  return BOURSE_OK;
}

static int32_t order_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_order order;
  int32_t code = read_order(call, decoder, &order);
  if (code != BOURSE_OK || !is_wanted(call, &order)) return code;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = order;
  return BOURSE_OK;
}

/* --- Lists --- */

static int32_t put_list(bourse_call *call) {
  bourse__coinbase_put_products(call);
  if (call->market == NULL) bourse_put(call, "product_type", bourse_is_futures(call) ? "FUTURE" : "SPOT");
  bourse_put(call, "cursor", bourse_page_token(call));
  return BOURSE_OK;
}

/* The end is not itself within. */
static int32_t put_dates(bourse_call *call) {
  int32_t code = bourse__coinbase_put_time(call, "start_date", call->request->since_ns, 3);
  if (code != BOURSE_OK || call->request->until_ns == 0) return code;
  return bourse__coinbase_put_time(call, "end_date", call->request->until_ns + COINBASE_MILLISECOND, 3);
}

BUILD(orders) {
  if (call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS) bourse_put(call, "order_status", "FILLED");
  if (call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS) bourse_put(call, "order_status", "CANCELLED");
  int32_t code = put_dates(call);
  bourse_put_uint(call, "limit", bourse_page_size(call, PAGE_ROWS));
  return code == BOURSE_OK ? put_list(call) : code;
}

PARSE(orders) {
  bourse_page page = {NULL, 0};
  int32_t code = bourse_read_page(call, reply, "orders", "cursor", order_row_read, &page);
  return code == BOURSE_OK ? bourse_next_page(call, &page, BOURSE_NEWEST_FIRST) : code;
}

/* Those on their way into the book, or about to be changed, then those within: a status is asked for beside no other but its
 * like, and an order that moves on meanwhile is told once more. */
BUILD(open_orders) {
  static const char *const moving[] = {"PENDING", "QUEUED", "EDIT_QUEUED", "CANCEL_QUEUED"};
  if (bourse__coinbase_second_part(call))
    bourse_put(call, "order_status", "OPEN");
  else
    for (size_t i = 0; i < sizeof moving / sizeof moving[0]; i++) bourse_put(call, "order_status", moving[i]);
  int32_t code = put_dates(call);
  bourse_put_uint(call, "limit", call->request->limit < PAGE_ROWS ? call->request->limit : PAGE_ROWS);
  return code == BOURSE_OK ? put_list(call) : code;
}

/* Of an order told twice the later state counts. */
static void drop_doubles(bourse_call *call, uint32_t first) {
  uint32_t kept = first;
  for (uint32_t i = first; i < bourse_appended(call); i++) {
    bourse_order *order = bourse_appended_at(call, i);
    uint32_t at = 0;
    while (at < kept && strcmp(((const bourse_order *)bourse_appended_at(call, at))->id, order->id) != 0) at++;
    *(bourse_order *)bourse_appended_at(call, at < kept ? at : kept++) = *order;
  }
  bourse_truncate(call, kept);
}

/* BOURSE_OK when all open orders have been read. */
static int32_t read_open_orders(bourse_call *call, const bourse_http_reply *reply) {
  bourse_page page = {NULL, 0};
  uint32_t first = bourse_appended(call);
  int32_t code = bourse_read_page(call, reply, "orders", "cursor", order_row_read, &page);
  if (code != BOURSE_OK) return code;
  drop_doubles(call, first);
  code = bourse_look_on(call, &page);
  if (code != BOURSE_OK || bourse__coinbase_second_part(call)) return code;
  call->scratch[COINBASE_STAGE] = 1;
  return BOURSE_CONTINUE;
}

PARSE(open_orders) { return read_open_orders(call, reply); }

/* --- One order --- */

typedef struct one_order {
  bourse_order order;
  int32_t there;
} one_order;

static int32_t read_one(bourse_decoder *decoder, void *member) {
  one_order *one = member;
  one->there = 1;
  return read_order(decoder->user_data, decoder, &one->order);
}

static const bourse_field one_fields[] = {
    BOURSE_FIELD_FULL("order", CUSTOM, one_order, order, BOURSE_FIELD_REQUIRED, NULL, read_one)};
static const bourse_table one_table = BOURSE_TABLE(one_fields);
_Static_assert(offsetof(one_order, order) == 0, "the order is read through the address of the whole");

BUILD(order_of_id) { return bourse_set_path(call, call->request->order_id, NULL, NULL); }

PARSE(order_of_id) {
  one_order one;
  memset(&one, 0, sizeof one);
  int32_t code = bourse_read_object(call, reply, &one_table, &one);
  if (code != BOURSE_OK) return code;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = one.order;
  return BOURSE_OK;
}

/* By client id: nothing finds it but looking through the list, which begins with the newest. */
BUILD(find_order) {
  bourse_put_uint(call, "limit", PAGE_ROWS);
  return put_list(call);
}

static int32_t searched_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_order order;
  int32_t code = read_order(call, decoder, &order);
  const char *wanted = call->request->client_order_id;
  if (code != BOURSE_OK || bourse_appended(call) > 0 || order.client_order_id == NULL || wanted == NULL ||
      strcmp(order.client_order_id, wanted) != 0)
    return code;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = order;
  return BOURSE_OK;
}

PARSE(found_order) {
  bourse_page page = {NULL, 0};
  int32_t code = bourse_read_page(call, reply, "orders", "cursor", searched_row, &page);
  if (code != BOURSE_OK || bourse_appended(call) > 0) return code;
  code = bourse_look_on(call, &page);
  if (code != BOURSE_OK) return code;
  if (page.token != NULL && page.token[0] != '\0' && page.rows > 0)
    return bourse_fail(call, BOURSE_ERROR_NOT_FOUND, "client_order_id",
                       "no order of that client id is among the newest; give order_id for an older one");
  return bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND, NULL, "Coinbase knows no order of that client id");
}

/* --- Orders looked for so that they can be changed or canceled --- */

/* The order's id, and what it is now, in the units of the wire. */
PARSE(order_to_edit) {
  const bourse_request *request = call->request;
  int32_t one = call->endpoint->variant == COINBASE_ONE;
  int32_t code = one ? bourse__coinbase_parse_order_of_id(call, reply) : read_open_orders(call, reply);
  if (code != BOURSE_OK) return code;
  const bourse_order *found = NULL;
  for (uint32_t i = 0; i < bourse_appended(call) && found == NULL; i++) {
    const bourse_order *order = bourse_appended_at(call, i);
    if (one || (order->client_order_id != NULL && request->client_order_id != NULL &&
                strcmp(order->client_order_id, request->client_order_id) == 0))
      found = order;
  }
  if (found == NULL) return bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND, NULL, "no open order has that client id");
  bourse_order *kept = bourse_arena_alloc(call->arena, sizeof *kept);
  if (kept == NULL) return bourse_fail_memory(call);
  *kept = *found;
  call->memory = kept;
  bourse_truncate(call, 0);
  return BOURSE_CONTINUE;
}

static const char *id_of_client(bourse_call *call, const char *client_id) {
  for (uint32_t i = 0; client_id != NULL && i < bourse_appended(call); i++) {
    const bourse_order *order = bourse_appended_at(call, i);
    if (order->client_order_id != NULL && strcmp(order->client_order_id, client_id) == 0) return order->id;
  }
  return NULL;
}

/* cancel_all_orders: all that are listed. Others: those of the client ids, NULL where none is open. COINBASE_FOUND is the
 * length of the list. */
PARSE(orders_to_cancel) {
  int32_t code = read_open_orders(call, reply), all = call->operation == BOURSE_OP_CANCEL_ALL_ORDERS;
  if (code != BOURSE_OK) return code;
  int32_t one = call->operation == BOURSE_OP_CANCEL_ORDER;
  uint32_t count = all ? bourse_appended(call) : one ? 1 : bourse_item_count(call), found = 0;
  const char **ids = bourse_arena_alloc(call->arena, ((size_t)count + 1) * sizeof *ids);
  if (ids == NULL) return bourse_fail_memory(call);
  for (uint32_t i = 0; i < count; i++) {
    ids[i] = all   ? ((const bourse_order *)bourse_appended_at(call, i))->id
             : one ? id_of_client(call, call->request->client_order_id)
                   : id_of_client(call, bourse_item_client_id(call, i));
    found += ids[i] != NULL;
  }
  bourse_truncate(call, 0);
  call->memory = ids;
  call->scratch[COINBASE_FOUND] = count;
  if (found > 0) return BOURSE_CONTINUE;
  if (all) return BOURSE_OK;
  call->scratch[1] = count;
  return bourse_refuse(call, BOURSE_ERROR_ORDER_NOT_FOUND, bourse_slice_of(""),
                       bourse_slice_of("no open order has that client id"), 0);
}

/* --- Fills --- */

static const bourse_name roles[] = {{"MAKER", BOURSE_MAKER}, {"TAKER", BOURSE_TAKER}, {NULL, 0}};

typedef struct fill_row {
  bourse_fill fill;
  bourse_decimal size;
  bourse_slice type;
  int32_t in_quote;
  int32_t reserved;
} fill_row;

static const bourse_field fill_fields[] = {
    BOURSE_FIELD("trade_id", STRING, fill_row, fill.id),
    BOURSE_FIELD("order_id", STRING, fill_row, fill.order_id),
    BOURSE_FIELD_CUSTOM("trade_time", fill_row, fill.time_ns, bourse__coinbase_read_time),
    BOURSE_FIELD("trade_type", SLICE, fill_row, type),
    BOURSE_FIELD_MUST("price", DECIMAL, fill_row, fill.price),
    BOURSE_FIELD_MUST("size", DECIMAL, fill_row, size),
    BOURSE_FIELD("commission", DECIMAL, fill_row, fill.fee),
    BOURSE_FIELD_CUSTOM("product_id", fill_row, fill.symbol, bourse__coinbase_read_market),
    BOURSE_FIELD_ENUM("liquidity_indicator", fill_row, fill.role, roles),
    BOURSE_FIELD("size_in_quote", BOOL, fill_row, in_quote),
    BOURSE_FIELD_ENUM("side", fill_row, fill.side, bourse__coinbase_sides),
};
static const bourse_table fill_table = BOURSE_TABLE(fill_fields);

/* Digits of an amount told in quote currency: eight beyond those of the step. */
static int32_t amount_digits(const bourse_market *market) {
  int32_t digits = market != NULL && PRESENT(market->amount_step) ? -market->amount_step.exponent : 8;
  return (digits < 0 ? 0 : digits > 18 ? 18 : digits) + 8;
}

static void finish_fill(const bourse_market *market, fill_row *row) {
  bourse_fill *fill = &row->fill;
  if (row->in_quote > 0) {
    fill->cost = row->size;
    if (bourse_decimal_sign(&fill->price) > 0 &&
        bourse_decimal_div(&fill->amount, &row->size, &fill->price, amount_digits(market), BOURSE_ROUND_HALF_EVEN) ==
            BOURSE_OK)
      bourse_decimal_trim(&fill->amount, &fill->amount);
  } else {
    fill->amount = row->size;
    if (bourse__coinbase_in_contracts(market, bourse_slice_of(fill->market_id == NULL ? "" : fill->market_id)))
      to_base(market, &fill->contracts, &fill->amount);
    if (PRESENT(fill->amount)) bourse_decimal_mul(&fill->cost, &fill->price, &fill->amount);
  }
  if (PRESENT(fill->fee) && market != NULL) fill->fee_currency = market->quote;
}

static int32_t is_fill_wanted(const bourse_call *call, const bourse_fill *fill) {
  const bourse_request *request = call->request;
  if (call->market != NULL && call->market->id != call->market->symbol && !bourse_is_wanted(call, fill->market_id))
    return 0;
  if (request->since_ns != 0 && fill->time_ns < request->since_ns) return 0;
  return request->until_ns == 0 || fill->time_ns <= request->until_ns;
}

/* Corrections and what is made up for them are no trades. */
static int32_t fill_row_read(bourse_call *call, bourse_decoder *decoder) {
  fill_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &fill_table, &row);
  if (code != BOURSE_OK || (row.type.length > 0 && !bourse_slice_is(row.type, "FILL"))) return code;
  const char *id = row.fill.market_id;
  finish_fill(id == NULL ? NULL : bourse__coinbase_market(call, bourse_slice_of(id)), &row);
  if (!is_fill_wanted(call, &row.fill)) return BOURSE_OK;
  bourse_fill *fill = bourse_append(call, BOURSE_KIND_FILL);
  if (fill == NULL) return BOURSE_ERROR_MEMORY;
  *fill = row.fill;
  return BOURSE_OK;
}

BUILD(fills) {
  const bourse_request *request = call->request;
  if (request->id != NULL)
    return bourse_unsupported(call, "id", "own trades are found by time, by market or by their order");
  bourse_put(call, "order_ids", request->order_id);
  bourse__coinbase_put_products(call);
  if (request->order_id == NULL && call->market == NULL)
    bourse_put(call, "product_types", bourse_is_futures(call) ? "FUTURE" : "SPOT");
  int32_t code = bourse__coinbase_put_time(call, "start_sequence_timestamp", request->since_ns, 3);
  if (code == BOURSE_OK && request->until_ns != 0)
    code = bourse__coinbase_put_time(call, "end_sequence_timestamp", request->until_ns + COINBASE_MILLISECOND, 3);
  bourse_put_uint(call, "limit", bourse_page_size(call, PAGE_ROWS));
  bourse_put(call, "cursor", bourse_page_token(call));
  return code;
}

PARSE(fills) {
  bourse_page page = {NULL, 0};
  int32_t code = bourse_read_page(call, reply, "fills", "cursor", fill_row_read, &page);
  return code == BOURSE_OK ? bourse_next_page(call, &page, BOURSE_NEWEST_FIRST) : code;
}
