/* exchange/kraken/stream_account.c - own orders, fills and balances of spot as they change.
 *
 * Reports of an order tell at first everything, later what has changed; the library merges them by id. A complete fill is
 * reported twice, as `trade` and as `filled`: fills are made of the former only. */
#include "exchange/kraken/stream.h"

#include <string.h>

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

static const bourse_channel *const channels = bourse__kraken_channels;

/* --- Words --- */

static const bourse_name sides[] = {{"buy", BOURSE_SIDE_BUY}, {"sell", BOURSE_SIDE_SELL}, {NULL, 0}};

static const bourse_name roles[] = {{"m", BOURSE_MAKER}, {"t", BOURSE_TAKER}, {NULL, 0}};

static const bourse_name times_in_force[] = {
    {"GTC", BOURSE_GOOD_TILL_CANCELED}, {"IOC", BOURSE_IMMEDIATE_OR_CANCEL}, {"FOK", BOURSE_FILL_OR_KILL},
    {"GTD", BOURSE_GOOD_TILL_DATE},     {"gtc", BOURSE_GOOD_TILL_CANCELED},  {"ioc", BOURSE_IMMEDIATE_OR_CANCEL},
    {"fok", BOURSE_FILL_OR_KILL},       {"gtd", BOURSE_GOOD_TILL_DATE},      {NULL, 0}};

static const bourse_name references[] = {{"last", BOURSE_PRICE_LAST}, {"index", BOURSE_PRICE_INDEX}, {NULL, 0}};

enum { IS_LIMIT = 1, IS_CONDITIONAL = 2, IS_GAIN = 4, IS_TRAILING = 8, IS_KNOWN = 16 };

static const bourse_name order_types[] = {{"limit", IS_KNOWN | IS_LIMIT},
                                          {"market", IS_KNOWN},
                                          {"stop-loss", IS_KNOWN | IS_CONDITIONAL},
                                          {"stop-loss-limit", IS_KNOWN | IS_CONDITIONAL | IS_LIMIT},
                                          {"take-profit", IS_KNOWN | IS_CONDITIONAL | IS_GAIN},
                                          {"take-profit-limit", IS_KNOWN | IS_CONDITIONAL | IS_GAIN | IS_LIMIT},
                                          {"trailing-stop", IS_KNOWN | IS_CONDITIONAL | IS_TRAILING},
                                          {"trailing-stop-limit", IS_KNOWN | IS_CONDITIONAL | IS_TRAILING | IS_LIMIT},
                                          {"iceberg", IS_KNOWN | IS_LIMIT},
                                          {"settle-position", IS_KNOWN},
                                          {NULL, 0}};

enum { IS_PENDING = 1, IS_NEW, IS_PART, IS_FILLED, IS_CANCELED, IS_EXPIRED };

static const bourse_name order_statuses[] = {{"pending_new", IS_PENDING},
                                             {"new", IS_NEW},
                                             {"partially_filled", IS_PART},
                                             {"filled", IS_FILLED},
                                             {"canceled", IS_CANCELED},
                                             {"expired", IS_EXPIRED},
                                             {NULL, 0}};

/* --- Reports --- */

typedef struct report {
  bourse_order order;
  bourse_slice symbol;
  bourse_slice exec_type;
  bourse_slice exec_id;
  int64_t time_ns;
  int32_t kind;   /* IS_* of the order's type */
  int32_t status; /* IS_* of its status */
  int32_t margin;
  int32_t role;
  bourse_decimal last_amount;
  bourse_decimal last_price;
  bourse_decimal last_cost;
  bourse_decimal fee;
  const char *fee_currency;
  const char *cancel_reason;
  bourse_decimal trigger_price;
  bourse_slice trigger_kind;
  bourse_slice trigger_status;
} report;

static const bourse_field trigger_fields[] = {
    BOURSE_FIELD_ENUM("reference", report, order.trigger_by, references),
    BOURSE_FIELD("price", DECIMAL, report, trigger_price),
    BOURSE_FIELD("price_type", SLICE, report, trigger_kind),
    BOURSE_FIELD("status", SLICE, report, trigger_status),
};
static const bourse_table trigger_table = BOURSE_TABLE(trigger_fields);

typedef struct fee_part {
  const char *asset;
  bourse_decimal amount;
} fee_part;

static const bourse_field fee_fields[] = {
    BOURSE_FIELD("asset", STRING, fee_part, asset),
    BOURSE_FIELD("qty", DECIMAL, fee_part, amount),
};
static const bourse_table fee_table = BOURSE_TABLE(fee_fields);

/* The sum of what was taken in the first currency. */
static int32_t read_fees(bourse_decoder *decoder, void *member) {
  report *r = (report *)(void *)((char *)member - offsetof(report, fee));
  int32_t code = bourse_decode_array_begin(decoder, "fees");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    fee_part part = {NULL, {0, 0, 0, 0}};
    code = bourse_decode_object(decoder, &fee_table, &part);
    if (code != BOURSE_OK || part.asset == NULL) continue;
    if (r->fee_currency == NULL) {
      r->fee_currency = part.asset;
      r->fee = part.amount;
    } else if (strcmp(r->fee_currency, part.asset) == 0 &&
               bourse_decimal_add(&r->fee, &r->fee, &part.amount) != BOURSE_OK) {
      return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "fees", "out of range");
    }
  }
  return code != BOURSE_OK ? code : decoder->error;
}

/* {"price": ...} into several members of the report, which is the table's base. */
static int32_t read_triggers(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &trigger_table, member);
}

static const bourse_field report_fields[] = {
    BOURSE_FIELD_MUST("order_id", STRING, report, order.id),
    BOURSE_FIELD("cl_ord_id", STRING, report, order.client_order_id),
    BOURSE_FIELD("symbol", SLICE, report, symbol),
    BOURSE_FIELD("order_qty", DECIMAL, report, order.amount),
    BOURSE_FIELD("cash_order_qty", DECIMAL, report, order.requested_cost),
    BOURSE_FIELD("display_qty", DECIMAL, report, order.iceberg_amount),
    BOURSE_FIELD("cum_cost", DECIMAL, report, order.cost),
    BOURSE_FIELD_ENUM("time_in_force", report, order.time_in_force, times_in_force),
    BOURSE_FIELD("exec_id", SLICE, report, exec_id),
    BOURSE_FIELD("exec_type", SLICE, report, exec_type),
    BOURSE_FIELD_ENUM("side", report, order.side, sides),
    BOURSE_FIELD("last_qty", DECIMAL, report, last_amount),
    BOURSE_FIELD("last_price", DECIMAL, report, last_price),
    BOURSE_FIELD_ENUM("liquidity_ind", report, role, roles),
    BOURSE_FIELD("cost", DECIMAL, report, last_cost),
    BOURSE_FIELD("order_type", STRING, report, order.native_type),
    BOURSE_FIELD("limit_price", DECIMAL, report, order.price),
    BOURSE_FIELD("order_status", STRING, report, order.native_status),
    BOURSE_FIELD_CUSTOM("fees", report, fee, read_fees),
    BOURSE_FIELD("timestamp", TIME_ISO, report, time_ns),
    BOURSE_FIELD("cum_qty", DECIMAL, report, order.filled),
    BOURSE_FIELD_CUSTOM("avg_price", report, order.average, bourse_decode_nonzero),
    BOURSE_FIELD("reason", STRING, report, order.reason),
    BOURSE_FIELD("cancel_reason", STRING, report, cancel_reason),
    BOURSE_FIELD("post_only", BOOL, report, order.post_only),
    BOURSE_FIELD("reduce_only", BOOL, report, order.reduce_only),
    BOURSE_FIELD("margin", BOOL, report, margin),
    BOURSE_FIELD("expire_time", TIME_ISO, report, order.expire_ns),
    BOURSE_FIELD("effective_time", TIME_ISO, report, order.working_ns),
    BOURSE_FIELD_FULL("triggers", CUSTOM, report, order, 0, NULL, read_triggers),
};
static const bourse_table report_table = BOURSE_TABLE(report_fields);
_Static_assert(offsetof(report, order) == 0, "triggers are read from the report's beginning on");

int32_t bourse__kraken_read_executions(bourse_decoder *decoder, bourse__kraken_list *rows) {
  rows->size = sizeof(report);
  int32_t code = bourse_decode_array_begin(decoder, "data");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    report *r = bourse__kraken_add_row(decoder, rows);
    if (r == NULL) return BOURSE_ERROR_MEMORY;
    code = bourse_decode_object(decoder, &report_table, r);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

/* Where the price is an offset from the market's, the order trails by it. */
static void set_triggers(report *r) {
  bourse_order *order = &r->order;
  if (!PRESENT(r->trigger_price)) return;
  if (bourse_slice_is(r->trigger_kind, "pct"))
    order->trailing_percent = r->trigger_price;
  else if (bourse_slice_is(r->trigger_kind, "quote"))
    order->trailing_amount = r->trigger_price;
  else if ((r->kind & IS_KNOWN) == 0 || (r->kind & IS_TRAILING) != 0)
    order->trigger_price = r->trigger_price;
  else if ((r->kind & IS_GAIN) != 0)
    order->take_profit_price = r->trigger_price;
  else
    order->stop_loss_price = r->trigger_price;
}

/* A later report of an order that waits for its price says "new" without saying what kind of order it is: then the
 * status stays as it was told before. */
static int32_t status_of(const report *r) {
  int32_t waits = bourse_slice_is(r->trigger_status, "untriggered");
  int32_t told = (r->kind & IS_KNOWN) != 0 || r->trigger_status.data != NULL;
  if (r->trigger_status.data == NULL && (r->kind & IS_CONDITIONAL) != 0) waits = 1;
  switch (r->status) {
    case IS_PENDING: return waits ? BOURSE_ORDER_UNTRIGGERED : BOURSE_ORDER_OPEN;
    case IS_NEW: return !told ? 0 : waits ? BOURSE_ORDER_UNTRIGGERED : BOURSE_ORDER_OPEN;
    case IS_PART: return BOURSE_ORDER_OPEN;
    case IS_FILLED: return BOURSE_ORDER_FILLED;
    case IS_CANCELED: return BOURSE_ORDER_CANCELED;
    case IS_EXPIRED: return BOURSE_ORDER_EXPIRED;
    default: return r->order.native_status != NULL ? BOURSE_ORDER_UNKNOWN : 0;
  }
}

static void finish_report(bourse_link *link, report *r) {
  bourse_order *order = &r->order;
  r->kind = bourse_name_value(order_types, bourse_slice_of(order->native_type));
  r->status = bourse_name_value(order_statuses, bourse_slice_of(order->native_status));
  const bourse_market *market = bourse__kraken_market_named(link, r->symbol);
  if (market != NULL) {
    order->symbol = market->symbol;
    order->market_id = market->id;
  } else if (r->symbol.data != NULL) {
    order->market_id = bourse_arena_copy(link->arena, r->symbol.data, r->symbol.length);
  }
  if ((r->kind & IS_KNOWN) != 0) {
    order->type = (r->kind & IS_LIMIT) != 0 ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
    order->conditional = (r->kind & IS_CONDITIONAL) != 0 ? BOURSE_YES : BOURSE_NO;
  }
  if (PRESENT(order->price) && bourse_decimal_sign(&order->price) == 0) memset(&order->price, 0, sizeof order->price);
  set_triggers(r);
  order->status = status_of(r);
  order->updated_ns = r->time_ns;
  if (r->status == IS_PENDING) order->created_ns = r->time_ns;
  if (order->reason == NULL) order->reason = r->cancel_reason;
  if (r->margin == BOURSE_YES) order->margin_mode = BOURSE_MARGIN_CROSS;
  if (PRESENT(order->amount) && PRESENT(order->filled))
    bourse_decimal_sub(&order->remaining, &order->amount, &order->filled);
  order->realization = BOURSE_NATIVE;
}

static int32_t is_fill(const report *r) { return bourse_slice_is(r->exec_type, "trade"); }

static int32_t make_fill(bourse_link *link, const report *r, bourse_fill *fill) {
  const bourse_order *order = &r->order;
  *fill = (bourse_fill){.order_id = order->id,
                        .client_order_id = order->client_order_id,
                        .symbol = order->symbol,
                        .market_id = order->market_id,
                        .time_ns = r->time_ns,
                        .side = order->side,
                        .role = r->role,
                        .price = r->last_price,
                        .amount = r->last_amount,
                        .cost = r->last_cost,
                        .fee = r->fee,
                        .fee_currency = r->fee_currency,
                        .margin_mode = order->margin_mode};
  if (r->exec_id.data != NULL) fill->id = bourse_arena_copy(link->arena, r->exec_id.data, r->exec_id.length);
  return fill->id != NULL;
}

/* A list of past fills tells no orders: it does not say how they stand. */
int32_t bourse__kraken_emit_executions(bourse_link *link, bourse__kraken_list *rows, int32_t snapshot) {
  report *reports = (report *)(void *)rows->items;
  bourse_slice none = bourse__kraken_no_slice();
  uint32_t order_count = 0, fill_count = 0, flags = snapshot ? BOURSE_STREAM_SNAPSHOT : 0;
  int64_t time_ns = 0;
  bourse_order *orders = bourse_arena_alloc(link->arena, (rows->count + (size_t)1) * sizeof *orders);
  bourse_fill *fills = bourse_arena_alloc(link->arena, (rows->count + (size_t)1) * sizeof *fills);
  if (orders == NULL || fills == NULL) return bourse_link_unknown(link, "memory is out");
  for (uint32_t i = 0; i < rows->count; i++) {
    report *r = &reports[i];
    finish_report(link, r);
    time_ns = r->time_ns > time_ns ? r->time_ns : time_ns;
    if (is_fill(r) && make_fill(link, r, &fills[fill_count])) fill_count++;
    if (!is_fill(r) || !snapshot) orders[order_count++] = r->order;
  }
  int32_t no_orders = order_count == 0 && (!snapshot || fill_count > 0); /* none open is a state, too */
  bourse_topic *topic = no_orders ? NULL : bourse_link_topic(link, &channels[KRAKEN_ORDERS], none, none);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_ORDER, orders, order_count, time_ns, flags);
  topic = fill_count == 0 ? NULL : bourse_link_topic(link, &channels[KRAKEN_FILLS], none, none);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_FILL, fills, fill_count, time_ns, flags);
  return BOURSE_OK;
}

/* --- Balances --- */

static const bourse_name wallets[] = {{"spot", BOURSE_WALLET_SPOT}, {"earn", BOURSE_WALLET_EARN}, {NULL, 0}};

typedef struct wallet_row {
  int32_t wallet;
  bourse_decimal total;
} wallet_row;

static const bourse_field wallet_fields[] = {
    BOURSE_FIELD_ENUM("type", wallet_row, wallet, wallets),
    BOURSE_FIELD("balance", DECIMAL, wallet_row, total),
};
static const bourse_table wallet_table = BOURSE_TABLE(wallet_fields);

typedef struct balance_row {
  bourse_balance balance;
  bourse_slice wallets; /* [{"type": ..., "balance": ...}] of a first state */
} balance_row;

static const bourse_field balance_fields[] = {
    BOURSE_FIELD("timestamp", TIME_ISO, balance_row, balance.time_ns),
    BOURSE_FIELD_MUST("asset", STRING, balance_row, balance.currency),
    BOURSE_FIELD_ENUM("wallet_type", balance_row, balance.wallet, wallets),
    BOURSE_FIELD_MUST("balance", DECIMAL, balance_row, balance.total),
    BOURSE_FIELD("wallets", RAW, balance_row, wallets),
};
static const bourse_table balance_table = BOURSE_TABLE(balance_fields);

/* One record for each wallet of a kind; those of one kind are added up. */
static int32_t read_wallets(bourse_decoder *decoder, bourse__kraken_list *rows, const balance_row *row) {
  bourse_decoder inner;
  uint32_t first = rows->count;
  bourse_decode_init(&inner, decoder->arena, row->wallets.data, row->wallets.length, NULL);
  int32_t code = bourse_decode_array_begin(&inner, "wallets");
  while (code == BOURSE_OK && bourse_decode_array_next(&inner)) {
    wallet_row wallet = {0, {0, 0, 0, 0}};
    code = bourse_decode_object(&inner, &wallet_table, &wallet);
    if (code != BOURSE_OK) break;
    uint32_t i = first;
    bourse_balance *balances = (bourse_balance *)(void *)rows->items;
    while (i < rows->count && balances[i].wallet != wallet.wallet) i++;
    if (i < rows->count) {
      code = bourse_decimal_add(&balances[i].total, &balances[i].total, &wallet.total);
      continue;
    }
    bourse_balance *balance = bourse__kraken_add_row(decoder, rows);
    if (balance == NULL) return BOURSE_ERROR_MEMORY;
    *balance = row->balance;
    balance->wallet = wallet.wallet;
    balance->total = wallet.total;
  }
  if (code == BOURSE_OK) code = bourse_decode_finish(&inner);
  return code == BOURSE_OK ? BOURSE_OK : bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "wallets", "malformed");
}

int32_t bourse__kraken_read_balances(bourse_decoder *decoder, bourse__kraken_list *rows) {
  rows->size = sizeof(bourse_balance);
  int32_t code = bourse_decode_array_begin(decoder, "data");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    balance_row row;
    memset(&row, 0, sizeof row);
    code = bourse_decode_object(decoder, &balance_table, &row);
    if (code != BOURSE_OK) break;
    uint32_t before = rows->count;
    if (row.wallets.data != NULL) code = read_wallets(decoder, rows, &row);
    if (code != BOURSE_OK || rows->count > before) continue;
    bourse_balance *balance = bourse__kraken_add_row(decoder, rows);
    if (balance == NULL) return BOURSE_ERROR_MEMORY;
    *balance = row.balance;
    if (balance->wallet == 0) balance->wallet = BOURSE_WALLET_SPOT;
  }
  return code != BOURSE_OK ? code : decoder->error;
}

/* What is held in orders is not told: only totals are. */
void bourse__kraken_emit_balances(bourse_link *link, bourse__kraken_list *rows, int32_t snapshot) {
  bourse_slice none = bourse__kraken_no_slice();
  bourse_topic *topic = bourse_link_topic(link, &channels[KRAKEN_BALANCES], none, none);
  if (topic == NULL) return;
  const bourse_balance *balances = (const bourse_balance *)(const void *)rows->items;
  bourse_emit(link, topic, BOURSE_KIND_BALANCE, balances, rows->count,
              rows->count == 0 ? 0 : balances[rows->count - 1].time_ns, snapshot ? BOURSE_STREAM_SNAPSHOT : 0);
}
