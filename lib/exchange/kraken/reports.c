/* exchange/kraken/reports.c - what the exchange tells of orders and fills. */
#include <inttypes.h>
#include <string.h>

#include "exchange/kraken/kraken.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* scratch of operations that are not about several items. */
enum { SCRATCH_OFFSET = 2, SCRATCH_PART = 3, SCRATCH_ROWS = 4, SCRATCH_COUNT = 5, SCRATCH_LISTED = 6 };

/* --- Words --- */

const bourse_name bourse__kraken_sides[] = {{"buy", BOURSE_SIDE_BUY}, {"sell", BOURSE_SIDE_SELL}, {NULL, 0}};

static const bourse_name statuses[] = {
    {"pending", BOURSE_ORDER_PENDING},   {"open", BOURSE_ORDER_OPEN},       {"closed", BOURSE_ORDER_FILLED},
    {"canceled", BOURSE_ORDER_CANCELED}, {"expired", BOURSE_ORDER_EXPIRED}, {NULL, 0},
};

static const bourse_name times_in_force[] = {
    {"GTC", BOURSE_GOOD_TILL_CANCELED}, {"IOC", BOURSE_IMMEDIATE_OR_CANCEL}, {"FOK", BOURSE_FILL_OR_KILL},
    {"GTD", BOURSE_GOOD_TILL_DATE},     {"gtc", BOURSE_GOOD_TILL_CANCELED},  {"ioc", BOURSE_IMMEDIATE_OR_CANCEL},
    {"fok", BOURSE_FILL_OR_KILL},       {"gtd", BOURSE_GOOD_TILL_DATE},      {NULL, 0},
};

static const bourse_name triggers[] = {{"last", BOURSE_PRICE_LAST}, {"index", BOURSE_PRICE_INDEX}, {NULL, 0}};

/* What a type of order is made of. */
static const struct {
  const char *name;
  int32_t type;
  int32_t conditional;
  size_t trigger; /* where its first price goes; 0: it is the limit */
} types[] = {
    {"market", BOURSE_ORDER_MARKET, 0, 0},
    {"limit", BOURSE_ORDER_LIMIT, 0, 0},
    {"iceberg", BOURSE_ORDER_LIMIT, 0, 0},
    {"settle-position", BOURSE_ORDER_MARKET, 0, 0},
    {"stop-loss", BOURSE_ORDER_MARKET, 1, offsetof(bourse_order, stop_loss_price)},
    {"stop-loss-limit", BOURSE_ORDER_LIMIT, 1, offsetof(bourse_order, stop_loss_price)},
    {"take-profit", BOURSE_ORDER_MARKET, 1, offsetof(bourse_order, take_profit_price)},
    {"take-profit-limit", BOURSE_ORDER_LIMIT, 1, offsetof(bourse_order, take_profit_price)},
    {"trailing-stop", BOURSE_ORDER_MARKET, 1, offsetof(bourse_order, trailing_amount)},
    {"trailing-stop-limit", BOURSE_ORDER_LIMIT, 1, offsetof(bourse_order, trailing_amount)},
};

/* --- Orders --- */

typedef struct order_row {
  bourse_order order;
  bourse_slice pair;
  bourse_slice type;
  bourse_slice price;
  bourse_slice price2;
  bourse_slice leverage;
  bourse_slice flags;
  bourse_decimal volume;
  bourse_decimal executed;
  bourse_decimal average;
  bourse_decimal limit_price; /* of a limit that a trigger has brought to life */
  int64_t closed_ns;
  int32_t margin;
} order_row;

static const bourse_field descr_fields[] = {
    BOURSE_FIELD("pair", SLICE, order_row, pair),
    BOURSE_FIELD_ENUM("type", order_row, order.side, bourse__kraken_sides),
    BOURSE_FIELD("ordertype", SLICE, order_row, type),
    BOURSE_FIELD("price", SLICE, order_row, price),
    BOURSE_FIELD("price2", SLICE, order_row, price2),
    BOURSE_FIELD("leverage", SLICE, order_row, leverage),
};
static const bourse_table descr_table = BOURSE_TABLE(descr_fields);

/* Read into the row itself, whose address is that of its first member. */
static int32_t read_descr(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &descr_table, member);
}

/* 0: none. */
static int32_t read_time(bourse_decoder *decoder, void *member) {
  int64_t time_ns = 0;
  int32_t code = bourse_decode_value(decoder, BOURSE_AS_TIME_S, NULL, "time", &time_ns);
  if (code == BOURSE_OK && time_ns > 0) memcpy(member, &time_ns, sizeof time_ns);
  return code;
}

static const bourse_field order_fields[] = {
    BOURSE_FIELD("refid", CHECK, order_row, order),
    BOURSE_FIELD("userref", CHECK, order_row, order),
    BOURSE_FIELD("cl_ord_id", ID, order_row, order.client_order_id),
    BOURSE_FIELD_MUST("status", STRING, order_row, order.native_status),
    BOURSE_FIELD("reason", STRING, order_row, order.reason),
    BOURSE_FIELD_CUSTOM("opentm", order_row, order.created_ns, read_time),
    BOURSE_FIELD_CUSTOM("closetm", order_row, closed_ns, read_time),
    BOURSE_FIELD_CUSTOM("starttm", order_row, order.working_ns, read_time),
    BOURSE_FIELD_CUSTOM("expiretm", order_row, order.expire_ns, read_time),
    BOURSE_FIELD_CUSTOM("descr", order_row, order, read_descr),
    BOURSE_FIELD_MUST("vol", DECIMAL, order_row, volume),
    BOURSE_FIELD("vol_exec", DECIMAL, order_row, executed),
    BOURSE_FIELD("cost", DECIMAL, order_row, order.cost),
    BOURSE_FIELD("fee", DECIMAL, order_row, order.fee),
    BOURSE_FIELD("price", DECIMAL, order_row, average),
    BOURSE_FIELD("stopprice", CHECK, order_row, order),
    BOURSE_FIELD_CUSTOM("limitprice", order_row, limit_price, bourse_decode_nonzero),
    BOURSE_FIELD("misc", CHECK, order_row, order),
    BOURSE_FIELD("oflags", SLICE, order_row, flags),
    BOURSE_FIELD_ENUM("trigger", order_row, order.trigger_by, triggers),
    BOURSE_FIELD("margin", BOOL, order_row, margin),
    BOURSE_FIELD("reduce_only", BOOL, order_row, order.reduce_only),
    BOURSE_FIELD_ENUM("timeinforce", order_row, order.time_in_force, times_in_force),
    BOURSE_FIELD_ENUM("time_in_force", order_row, order.time_in_force, times_in_force),
    BOURSE_FIELD_CUSTOM("displayvol", order_row, order.iceberg_amount, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("display_vol", order_row, order.iceberg_amount, bourse_decode_nonzero),
    BOURSE_FIELD("trades", CHECK, order_row, order),
};
static const bourse_table order_table = BOURSE_TABLE(order_fields);
_Static_assert(offsetof(order_row, order) == 0, "descr is read through the address of order");

/* "fciq,post": whether a word of the list is this one. */
static int32_t has_flag(bourse_slice flags, const char *flag) {
  size_t length = strlen(flag), at = 0;
  while (at < flags.length) {
    size_t end = at;
    while (end < flags.length && flags.data[end] != ',') end++;
    if (end - at == length && memcmp(flags.data + at, flag, length) == 0) return 1;
    at = end + 1;
  }
  return 0;
}

/* A price as descriptions have it: "0" is none; "+1.5%" and "+500" are offsets. 1 when it is one of these. */
static int32_t read_offset(bourse_slice text, bourse_decimal *out, int32_t *percent) {
  size_t length = text.length;
  const char *data = text.data;
  *percent = length > 0 && data[length - 1] == '%';
  if (*percent) length--;
  if (length > 0 && (data[0] == '+' || data[0] == '#')) data++, length--;
  memset(out, 0, sizeof *out);
  return length > 0 && bourse_decimal_parse(out, data, length) == BOURSE_OK && bourse_decimal_sign(out) != 0;
}

static void set_first_price(order_row *row, size_t trigger) {
  bourse_decimal value;
  int32_t percent = 0;
  if (!read_offset(row->price, &value, &percent)) return;
  if (trigger == offsetof(bourse_order, trailing_amount) && percent)
    row->order.trailing_percent = value;
  else if (!percent && trigger != 0)
    memcpy((char *)&row->order + trigger, &value, sizeof value);
  else if (!percent)
    row->order.price = value;
}

static void set_second_price(order_row *row) {
  bourse_decimal value;
  int32_t percent = 0;
  if (row->price2.length == 0 || row->price2.data[0] == '+' || row->price2.data[0] == '-') return; /* an offset */
  if (read_offset(row->price2, &value, &percent) && !percent) row->order.price = value;
}

static void set_type(bourse_call *call, order_row *row) {
  if (row->type.data == NULL) return;
  row->order.native_type = bourse_arena_copy(call->arena, row->type.data, row->type.length);
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    if (!bourse_slice_is(row->type, types[i].name)) continue;
    row->order.type = types[i].type;
    row->order.conditional = types[i].conditional ? BOURSE_YES : BOURSE_NO;
    if (types[i].type == BOURSE_ORDER_LIMIT || types[i].conditional) set_first_price(row, types[i].trigger);
    if (types[i].type == BOURSE_ORDER_LIMIT && types[i].conditional) set_second_price(row);
    return;
  }
  set_first_price(row, 0);
}

/* Some have the amount in quote currency; what was filled is in base currency with all. */
static void set_amounts(order_row *row) {
  bourse_order *order = &row->order;
  order->filled = row->executed;
  if (has_flag(row->flags, "viqc")) {
    order->requested_cost = row->volume;
  } else {
    order->amount = row->volume;
    if (PRESENT(row->executed)) bourse_decimal_sub(&order->remaining, &row->volume, &row->executed);
  }
  if (bourse_decimal_sign(&row->executed) > 0) order->average = row->average;
}

static void set_status(order_row *row) {
  bourse_order *order = &row->order;
  const char *word = order->native_status;
  order->status = bourse_name_value(statuses, (bourse_slice){word, strlen(word)});
  if (order->status == 0) order->status = BOURSE_ORDER_UNKNOWN;
  int32_t fired = PRESENT(row->limit_price) || bourse_decimal_sign(&row->executed) > 0;
  if (order->status == BOURSE_ORDER_OPEN && order->conditional > 0 && !fired) order->status = BOURSE_ORDER_UNTRIGGERED;
  order->updated_ns = row->closed_ns;
}

static int32_t finish_order(bourse_call *call, order_row *row) {
  bourse_order *order = &row->order;
  const bourse_market *market = row->pair.data == NULL ? NULL : bourse__kraken_market(call, row->pair);
  if (market != NULL) {
    order->symbol = market->symbol;
    order->market_id = market->id;
  } else if (row->pair.data != NULL) {
    order->market_id = bourse_arena_copy(call->arena, row->pair.data, row->pair.length);
    if (order->market_id == NULL) return bourse_fail_memory(call);
  }
  set_type(call, row);
  set_amounts(row);
  set_status(row);
  order->post_only = has_flag(row->flags, "post") ? BOURSE_YES : BOURSE_NO;
  if (market != NULL && has_flag(row->flags, "fcib")) order->fee_currency = market->base;
  if (market != NULL && has_flag(row->flags, "fciq")) order->fee_currency = market->quote;
  int32_t leveraged = row->leverage.length > 0 && !bourse_slice_is(row->leverage, "none");
  if (leveraged || row->margin > 0) order->margin_mode = BOURSE_MARGIN_CROSS;
  order->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}

/* Whether the caller wants this one: its market, its time, its status, its kind. */
static int32_t is_wanted(const bourse_call *call, const bourse_order *order) {
  const bourse_request *request = call->request;
  if (call->market != NULL && order->market_id != NULL && !bourse_is_wanted(call, order->market_id) &&
      call->market->id != call->market->symbol)
    return 0;
  if (call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS && order->status != BOURSE_ORDER_FILLED) return 0;
  if (call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS && order->status != BOURSE_ORDER_CANCELED) return 0;
  if (request->trigger != 0 && order->conditional != 0 && (request->trigger > 0) != (order->conditional > 0)) return 0;
  if (request->since_ns != 0 && order->created_ns != 0 && order->created_ns < request->since_ns) return 0;
  return request->until_ns == 0 || order->created_ns <= request->until_ns;
}

static int32_t order_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  order_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &order_table, &row);
  if (code != BOURSE_OK) return code;
  row.order.id = bourse_arena_copy(call->arena, key.data, key.length);
  if (row.order.id == NULL) return bourse_fail_memory(call);
  code = finish_order(call, &row);
  call->scratch[SCRATCH_ROWS]++;
  if (code != BOURSE_OK || !is_wanted(call, &row.order)) return code;
  bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  *order = row.order;
  return BOURSE_OK;
}

/* --- Pages ---
 *
 * Lists of the past come newest first, fifty at a time, from an offset on. */

#define PAGE_ROWS 50

/* start and end in whole seconds: a little more than asked for, and the rest is left out when reading. */
void bourse__kraken_put_range(bourse_call *call) {
  if (call->since_ns != 0) bourse_put_int(call, "start", call->since_ns / KRAKEN_SECOND);
  if (call->until_ns != 0) bourse_put_int(call, "end", (call->until_ns + KRAKEN_SECOND - 1) / KRAKEN_SECOND);
}

int32_t bourse__kraken_put_page(bourse_call *call) {
  const char *cursor = call->request->cursor;
  bourse__kraken_put_range(call);
  if (cursor != NULL && (strspn(cursor, "0123456789") != strlen(cursor) || strlen(cursor) > 9))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "cursor", "cursor is \"%s\"; a number of rows is wanted", cursor);
  if (call->scratch[SCRATCH_OFFSET] > 0)
    bourse_put_int(call, "ofs", call->scratch[SCRATCH_OFFSET]);
  else
    bourse_put(call, "ofs", cursor);
  call->scratch[SCRATCH_ROWS] = call->scratch[SCRATCH_COUNT] = 0;
  return BOURSE_OK;
}

/* After a page: the next where the caller's limit is not reached, or else the cursor to it. From a time on, the oldest are
 * wanted, and those come last. */
int32_t bourse__kraken_next_page(bourse_call *call) {
  const bourse_request *request = call->request;
  int64_t rows = call->scratch[SCRATCH_ROWS], total = call->scratch[SCRATCH_COUNT];
  int64_t offset = call->scratch[SCRATCH_OFFSET] + rows;
  if (call->scratch[SCRATCH_OFFSET] == 0) offset += bourse_slice_int(bourse_slice_of(request->cursor));
  int32_t more = total > 0 ? offset < total : rows >= PAGE_ROWS;
  if (!more || rows == 0) return BOURSE_OK;
  if (request->limit == 0 || request->cursor != NULL) {
    char *cursor = bourse_arena_format(call->arena, "%" PRId64, offset);
    if (cursor == NULL) return bourse_fail_memory(call);
    bourse_set_cursor(call, cursor);
    return BOURSE_OK;
  }
  if (request->since_ns == 0 && bourse_appended(call) >= request->limit) return BOURSE_OK;
  call->scratch[SCRATCH_OFFSET] = offset;
  return BOURSE_CONTINUE;
}

void bourse__kraken_count_row(bourse_call *call) { call->scratch[SCRATCH_ROWS]++; }

int32_t bourse__kraken_read_count(bourse_call *call, bourse_decoder *decoder) {
  return bourse_decode_value(decoder, BOURSE_AS_INT64, NULL, "count", &call->scratch[SCRATCH_COUNT]);
}

/* --- Lists of orders --- */

/* {"open": {...}} or {"closed": {...}, "count": n}. */
static int32_t list_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  if (bourse_slice_is(key, "open") || bourse_slice_is(key, "closed")) {
    call->scratch[SCRATCH_LISTED] = 1; /* it was there */
    return bourse_read_map(call, decoder, "orders", order_entry);
  }
  if (bourse_slice_is(key, "count")) return bourse__kraken_read_count(call, decoder);
  bourse_json_skip(&decoder->json);
  return BOURSE_OK;
}

int32_t bourse__kraken_read_orders(bourse_call *call, const bourse_http_reply *reply) {
  call->scratch[SCRATCH_LISTED] = 0;
  int32_t code = bourse__kraken_map(call, reply, list_entry);
  if (code != BOURSE_OK || call->scratch[SCRATCH_LISTED] != 0) return code;
  return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "result", "the reply has no list of orders");
}

BUILD(open_orders) {
  if (call->operation == BOURSE_OP_FETCH_ORDER) bourse_put(call, "cl_ord_id", call->request->client_order_id);
  return BOURSE_OK;
}

BUILD(closed_orders) {
  if (call->operation != BOURSE_OP_FETCH_ORDER) return bourse__kraken_put_page(call);
  bourse_put(call, "cl_ord_id", call->request->client_order_id);
  return BOURSE_OK;
}

static int32_t order_not_found(bourse_call *call) {
  return bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND, NULL, "Kraken knows no order of that id");
}

/* fetch_order by client id: among the open ones, then among the others. fetch_orders: both lists. */
PARSE(open_orders) {
  int32_t code = bourse__kraken_read_orders(call, reply);
  if (code != BOURSE_OK || call->operation == BOURSE_OP_FETCH_OPEN_ORDERS) return code;
  if (call->operation == BOURSE_OP_FETCH_ORDER && bourse_appended(call) > 0) return BOURSE_OK;
  call->scratch[SCRATCH_PART] = 1;
  return BOURSE_CONTINUE;
}

PARSE(closed_orders) {
  int32_t code = bourse__kraken_read_orders(call, reply);
  if (code != BOURSE_OK) return code;
  if (call->operation != BOURSE_OP_FETCH_ORDER) return bourse__kraken_next_page(call);
  if (bourse_appended(call) == 0) return order_not_found(call);
  bourse_truncate(call, 1); /* ids come back into use: the newest */
  return BOURSE_OK;
}

int32_t bourse__kraken_second_part(const bourse_call *call) { return call->scratch[SCRATCH_PART] != 0; }

BUILD(query_orders) {
  bourse_put(call, "trades", "true");
  bourse_put(call, "txid", call->request->order_id);
  return BOURSE_OK;
}

PARSE(query_orders) {
  int32_t code = bourse__kraken_map(call, reply, order_entry);
  return code == BOURSE_OK && bourse_appended(call) == 0 ? order_not_found(call) : code;
}

/* --- Fills --- */

typedef struct fill_row {
  bourse_fill fill;
  bourse_slice pair;
  bourse_slice leverage;
  bourse_decimal margin;
  int32_t maker;
} fill_row;

static const bourse_field fill_fields[] = {
    BOURSE_FIELD("ordertxid", ID, fill_row, fill.order_id),
    BOURSE_FIELD("postxid", CHECK, fill_row, fill),
    BOURSE_FIELD_FULL("pair", SLICE, fill_row, pair, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("time", TIME_S, fill_row, fill.time_ns),
    BOURSE_FIELD_ENUM("type", fill_row, fill.side, bourse__kraken_sides),
    BOURSE_FIELD("ordertype", CHECK, fill_row, fill),
    BOURSE_FIELD_MUST("price", DECIMAL, fill_row, fill.price),
    BOURSE_FIELD("cost", DECIMAL, fill_row, fill.cost),
    BOURSE_FIELD("fee", DECIMAL, fill_row, fill.fee),
    BOURSE_FIELD_MUST("vol", DECIMAL, fill_row, fill.amount),
    BOURSE_FIELD_CUSTOM("margin", fill_row, margin, bourse_decode_nonzero),
    BOURSE_FIELD("leverage", SLICE, fill_row, leverage),
    BOURSE_FIELD("misc", CHECK, fill_row, fill),
    BOURSE_FIELD("trade_id", CHECK, fill_row, fill),
    BOURSE_FIELD("maker", BOOL, fill_row, maker),
    BOURSE_FIELD("net", DECIMAL, fill_row, fill.realized_pnl),
    BOURSE_FIELD("cl_ord_id", ID, fill_row, fill.client_order_id),
};
static const bourse_table fill_table = BOURSE_TABLE(fill_fields);

static int32_t is_fill_wanted(const bourse_call *call, const bourse_fill *fill) {
  const bourse_request *request = call->request;
  if (call->market != NULL && call->market->id != call->market->symbol && !bourse_is_wanted(call, fill->market_id))
    return 0;
  if (request->since_ns != 0 && fill->time_ns < request->since_ns) return 0;
  return request->until_ns == 0 || fill->time_ns <= request->until_ns;
}

static int32_t fill_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  fill_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &fill_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_fill *fill = &row.fill;
  const bourse_market *market = bourse__kraken_market(call, row.pair);
  call->scratch[SCRATCH_ROWS]++;
  fill->id = bourse_arena_copy(call->arena, key.data, key.length);
  fill->symbol = market == NULL ? NULL : market->symbol;
  fill->market_id = market != NULL ? market->id : bourse_arena_copy(call->arena, row.pair.data, row.pair.length);
  if (fill->id == NULL || fill->market_id == NULL) return bourse_fail_memory(call);
  if (market != NULL && PRESENT(fill->fee)) fill->fee_currency = market->quote;
  fill->role = row.maker > 0 ? BOURSE_MAKER : row.maker < 0 ? BOURSE_TAKER : 0;
  if (PRESENT(row.margin)) fill->margin_mode = BOURSE_MARGIN_CROSS;
  if (!is_fill_wanted(call, fill)) return BOURSE_OK;
  bourse_fill *record = bourse_append(call, BOURSE_KIND_FILL);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *fill;
  return BOURSE_OK;
}

static int32_t fills_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  if (bourse_slice_is(key, "trades")) return bourse_read_map(call, decoder, "trades", fill_entry);
  if (bourse_slice_is(key, "count")) return bourse__kraken_read_count(call, decoder);
  bourse_json_skip(&decoder->json);
  return BOURSE_OK;
}

BUILD(fills) {
  if (call->request->id != NULL)
    return bourse_unsupported(call, "id", "own trades are found by time or by their order");
  return bourse__kraken_put_page(call);
}

PARSE(fills) {
  int32_t code = bourse__kraken_map(call, reply, fills_entry);
  return code == BOURSE_OK ? bourse__kraken_next_page(call) : code;
}

/* --- Fills of one order: the order tells their ids, twenty of which are asked for at a time --- */

#define QUERY_MAX 20

typedef struct fill_ids {
  const char *const *items;
  uint32_t count;
  uint32_t next;
} fill_ids;

typedef struct id_list {
  const char *const *items;
  uint32_t count;
} id_list;

static int32_t read_ids(bourse_decoder *decoder, void *member) {
  id_list *list = member;
  return bourse_decode_strings(decoder, &list->items, &list->count);
}

static const bourse_field trades_fields[] = {BOURSE_FIELD_CUSTOM("trades", id_list, items, read_ids)};
static const bourse_table trades_table = BOURSE_TABLE(trades_fields);

static int32_t trades_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  fill_ids *ids = call->memory;
  id_list list = {NULL, 0};
  (void)key;
  int32_t code = bourse_decode_object(decoder, &trades_table, &list);
  ids->items = list.items;
  ids->count = list.count;
  call->scratch[SCRATCH_ROWS]++;
  return code;
}

PARSE(order_of_fills) {
  call->memory = bourse_arena_alloc(call->arena, sizeof(fill_ids));
  if (call->memory == NULL) return bourse_fail_memory(call);
  int32_t code = bourse__kraken_map(call, reply, trades_entry);
  if (code != BOURSE_OK) return code;
  if (call->scratch[SCRATCH_ROWS] == 0) return order_not_found(call);
  const fill_ids *ids = call->memory;
  call->scratch[SCRATCH_PART] = 1;
  return ids->count > 0 ? BOURSE_CONTINUE : BOURSE_OK;
}

BUILD(query_fills) {
  const fill_ids *ids = call->memory;
  bourse_text text;
  bourse_text_init(&text, call->arena);
  for (uint32_t i = ids->next; i < ids->next + QUERY_MAX && i < ids->count; i++) {
    if (i > ids->next) bourse_text_char(&text, ',');
    bourse_text_string(&text, ids->items[i]);
  }
  if (bourse_text_finish(&text) == NULL) return bourse_fail_memory(call);
  bourse_put(call, "txid", text.data);
  return BOURSE_OK;
}

PARSE(query_fills) {
  fill_ids *ids = call->memory;
  int32_t code = bourse__kraken_map(call, reply, fill_entry);
  if (code != BOURSE_OK || ids == NULL) return code;
  ids->next += QUERY_MAX;
  return ids->next < ids->count ? BOURSE_CONTINUE : BOURSE_OK;
}

/* --- Edits --- */

/* The unit is not documented; the size of the number tells it. */
static int32_t read_stamp(bourse_decoder *decoder, void *member) {
  int64_t stamp = 0, *time_ns = member;
  int32_t code = bourse_decode_value(decoder, BOURSE_AS_INT64, NULL, "timestamp", &stamp);
  if (stamp < 0) return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "timestamp", "before 1970");
  *time_ns = stamp < 9000000000         ? stamp * 1000000000
             : stamp < 9000000000000    ? stamp * 1000000
             : stamp < 9000000000000000 ? stamp * 1000
                                        : stamp;
  return code;
}

static const bourse_field amendment_fields[] = {
    BOURSE_FIELD("amend_type", STRING, bourse_order, native_status),
    BOURSE_FIELD("order_qty", DECIMAL, bourse_order, amount),
    BOURSE_FIELD("remaining_qty", DECIMAL, bourse_order, remaining),
    BOURSE_FIELD("display_qty", DECIMAL, bourse_order, iceberg_amount),
    BOURSE_FIELD("limit_price", DECIMAL, bourse_order, price),
    BOURSE_FIELD("trigger_price", DECIMAL, bourse_order, trigger_price),
    BOURSE_FIELD("reason", STRING, bourse_order, reason),
    BOURSE_FIELD("post_only", BOOL, bourse_order, post_only),
    BOURSE_FIELD_FULL("timestamp", CUSTOM, bourse_order, updated_ns, BOURSE_FIELD_REQUIRED, NULL, read_stamp),
};
static const bourse_table amendment_table = BOURSE_TABLE(amendment_fields);

BUILD(order_edits) {
  if (call->request->order_id == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "order_id", "Kraken wants order_id here");
  bourse_put(call, "order_id", call->request->order_id);
  return BOURSE_OK;
}

static int32_t amendment_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_order order;
  memset(&order, 0, sizeof order);
  int32_t code = bourse_decode_object(decoder, &amendment_table, &order);
  if (code != BOURSE_OK) return code;
  const bourse_request *request = call->request;
  if (request->since_ns != 0 && order.updated_ns < request->since_ns) return BOURSE_OK;
  if (request->until_ns != 0 && order.updated_ns > request->until_ns) return BOURSE_OK;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = order;
  record->id = request->order_id;
  record->symbol = call->market == NULL ? NULL : call->market->symbol;
  record->market_id = call->market == NULL ? NULL : call->market->id;
  record->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}

static int32_t amendments_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  if (bourse_slice_is(key, "amends")) return bourse_read_array(call, decoder, "amends", amendment_read);
  bourse_json_skip(&decoder->json);
  return BOURSE_OK;
}

PARSE(order_edits) { return bourse__kraken_map(call, reply, amendments_entry); }
