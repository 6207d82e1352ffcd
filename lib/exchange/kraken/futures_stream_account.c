/* exchange/kraken/futures_stream_account.c - own orders, fills, positions and balances of futures as they change. */
#include <string.h>

#include "exchange/kraken/stream.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

static const bourse_channel *const channels = bourse__kraken_channels;

/* --- Own orders --- */

typedef struct order_row {
  bourse_order order;
  bourse_slice instrument;
  int64_t direction; /* 0 buys, 1 sells; negative: not told */
  bourse_decimal left;
  bourse_decimal stop_price;
  bourse_decimal deviation;
  bourse_slice deviation_unit;
} order_row;

static const bourse_name signals[] = {{"last", BOURSE_PRICE_LAST},        {"mark", BOURSE_PRICE_MARK},
                                      {"index", BOURSE_PRICE_INDEX},      {"spot", BOURSE_PRICE_INDEX},
                                      {"last_price", BOURSE_PRICE_LAST},  {"mark_price", BOURSE_PRICE_MARK},
                                      {"spot_price", BOURSE_PRICE_INDEX}, {NULL, 0}};

static const bourse_field trailing_fields[] = {
    BOURSE_FIELD("max_deviation", DECIMAL, order_row, deviation),
    BOURSE_FIELD("unit", SLICE, order_row, deviation_unit),
};
static const bourse_table trailing_table = BOURSE_TABLE(trailing_fields);

/* Into several members of the row, which is the table's base. */
static int32_t read_trailing(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &trailing_table, member);
}

static const bourse_field order_fields[] = {
    BOURSE_FIELD("instrument", SLICE, order_row, instrument),
    BOURSE_FIELD("time", TIME_MS, order_row, order.created_ns),
    BOURSE_FIELD("last_update_time", TIME_MS, order_row, order.updated_ns),
    BOURSE_FIELD("qty", DECIMAL, order_row, left),
    BOURSE_FIELD("filled", DECIMAL, order_row, order.filled),
    BOURSE_FIELD_CUSTOM("limit_price", order_row, order.price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("stop_price", order_row, stop_price, bourse_decode_nonzero),
    BOURSE_FIELD("type", STRING, order_row, order.native_type),
    BOURSE_FIELD_MUST("order_id", STRING, order_row, order.id),
    BOURSE_FIELD("cli_ord_id", STRING, order_row, order.client_order_id),
    BOURSE_FIELD("direction", INT64, order_row, direction),
    BOURSE_FIELD("reduce_only", BOOL, order_row, order.reduce_only),
    BOURSE_FIELD_ENUM("triggerSignal", order_row, order.trigger_by, signals),
    BOURSE_FIELD_FULL("trailing_stop_options", CUSTOM, order_row, order, 0, NULL, read_trailing),
};
static const bourse_table order_table = BOURSE_TABLE(order_fields);
_Static_assert(offsetof(order_row, order) == 0, "the options of trailing are read from the row's beginning on");

typedef struct orders_message {
  bourse__kraken_list rows; /* of a list, or the one order */
  order_row only;           /* where just the id is told */
  int32_t is_cancel;
  int32_t reserved;
  const char *reason;
} orders_message;

static order_row *add_order(bourse_decoder *decoder, bourse__kraken_list *rows) {
  rows->size = sizeof(order_row);
  order_row *row = bourse__kraken_add_row(decoder, rows);
  if (row != NULL) row->direction = -1;
  return row;
}

static int32_t read_order(bourse_decoder *decoder, void *member) {
  order_row *row = add_order(decoder, member);
  return row == NULL ? BOURSE_ERROR_MEMORY : bourse_decode_object(decoder, &order_table, row);
}

static int32_t read_orders(bourse_decoder *decoder, void *member) {
  int32_t code = bourse_decode_array_begin(decoder, "orders");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) code = read_order(decoder, member);
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field orders_fields[] = {
    BOURSE_FIELD_CUSTOM("order", orders_message, rows, read_order),
    BOURSE_FIELD_CUSTOM("orders", orders_message, rows, read_orders),
    BOURSE_FIELD("order_id", STRING, orders_message, only.order.id),
    BOURSE_FIELD("cli_ord_id", STRING, orders_message, only.order.client_order_id),
    BOURSE_FIELD("is_cancel", BOOL, orders_message, is_cancel),
    BOURSE_FIELD("reason", STRING, orders_message, reason),
};
static const bourse_table orders_table = BOURSE_TABLE(orders_fields);

/* The first row that a reason begins with counts. */
static const struct {
  const char *reason;
  int32_t status;
} reasons[] = {
    {"new_placed_order_by_user", BOURSE_ORDER_OPEN},
    {"limit_order_from_stop", BOURSE_ORDER_OPEN},
    {"partial_fill", BOURSE_ORDER_OPEN},
    {"edited_by_user", BOURSE_ORDER_OPEN},
    {"full_fill", BOURSE_ORDER_FILLED},
    {"stop_order_triggered", BOURSE_ORDER_TRIGGERED},
    {"cancelled_by_", BOURSE_ORDER_CANCELED},
    {"dead_man_switch", BOURSE_ORDER_CANCELED},
    {"liquidation", BOURSE_ORDER_CANCELED},
    {"not_enough_margin", BOURSE_ORDER_CANCELED},
    {"contract_expired", BOURSE_ORDER_EXPIRED},
    {"market_inactive", BOURSE_ORDER_CANCELED},
    {"post_order_failed", BOURSE_ORDER_REJECTED},
    {"ioc_order_failed", BOURSE_ORDER_REJECTED},
    {"would_execute_self", BOURSE_ORDER_REJECTED},
    {"would_not_reduce_position", BOURSE_ORDER_REJECTED},
};

/* That an order is gone says is_cancel, but not how. */
static int32_t status_of(const char *reason, int32_t is_cancel) {
  bourse_slice text = bourse_slice_of(reason);
  for (size_t i = 0; reason != NULL && i < sizeof reasons / sizeof reasons[0]; i++)
    if (bourse_slice_begins(text, reasons[i].reason)) return reasons[i].status;
  return is_cancel == BOURSE_YES ? BOURSE_ORDER_UNKNOWN : BOURSE_ORDER_OPEN;
}

static void set_type(order_row *row) {
  bourse_order *order = &row->order;
  bourse_slice type = bourse_slice_of(order->native_type);
  int32_t takes_profit = bourse_slice_begins(type, "take_profit");
  int32_t trails = bourse_slice_begins(type, "trailing_stop");
  int32_t stops = bourse_slice_begins(type, "stop") || bourse_slice_begins(type, "stp");
  if (order->native_type == NULL) return;
  order->conditional = takes_profit || trails || stops ? BOURSE_YES : BOURSE_NO;
  if (bourse_slice_begins(type, "market") || bourse_slice_begins(type, "mkt"))
    order->type = BOURSE_ORDER_MARKET;
  else
    order->type = order->conditional == BOURSE_YES && !PRESENT(order->price) ? BOURSE_ORDER_MARKET : BOURSE_ORDER_LIMIT;
  if (bourse_slice_begins(type, "post")) order->post_only = BOURSE_YES;
  if (takes_profit)
    order->take_profit_price = row->stop_price;
  else if (trails)
    order->trigger_price = row->stop_price;
  else if (stops)
    order->stop_loss_price = row->stop_price;
  if (bourse_slice_begins(row->deviation_unit, "percent"))
    order->trailing_percent = row->deviation;
  else
    order->trailing_amount = row->deviation;
}

/* `qty` is what is left to fill: a filled order has none. */
static void set_amounts(order_row *row) {
  bourse_order *order = &row->order;
  if (!PRESENT(row->left)) return;
  bourse_decimal filled = order->filled;
  if (PRESENT(filled))
    bourse_decimal_add(&order->contracts, &row->left, &filled);
  else
    order->contracts = row->left;
  order->filled_contracts = filled;
  if (bourse__kraken_is_inverse(row->instrument)) {
    memset(&order->filled, 0, sizeof order->filled);
    return;
  }
  order->amount = order->contracts;
  order->remaining = row->left;
}

static void finish_order(bourse_link *link, order_row *row, int32_t status, const char *reason) {
  bourse_order *order = &row->order;
  if (row->instrument.data != NULL)
    bourse__kraken_futures_name(link, bourse__kraken_futures_id(link, row->instrument), &order->symbol,
                                &order->market_id);
  if (row->direction >= 0) order->side = row->direction == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
  set_type(row);
  set_amounts(row);
  order->status = status == BOURSE_ORDER_OPEN && order->conditional == BOURSE_YES ? BOURSE_ORDER_UNTRIGGERED : status;
  order->native_status = reason;
  if (status != BOURSE_ORDER_OPEN && status != BOURSE_ORDER_FILLED) order->reason = reason;
  order->realization = BOURSE_NATIVE;
}

int32_t bourse__kraken_receive_orders(bourse_link *link, bourse_decoder *decoder, int32_t snapshot) {
  orders_message m;
  memset(&m, 0, sizeof m);
  m.only.direction = -1;
  bourse_decode_object(decoder, &orders_table, &m);
  int32_t code = bourse_link_decoded(link, decoder);
  if (code != BOURSE_OK) return code;
  order_row *rows = (order_row *)(void *)m.rows.items;
  uint32_t count = m.rows.count;
  if (count == 0 && !snapshot) {
    if (m.only.order.id == NULL) return bourse_link_unknown(link, "order_id: required, but missing");
    rows = &m.only;
    count = 1;
  }
  int32_t status = status_of(m.reason, m.is_cancel);
  int64_t time_ns = 0;
  bourse_order *orders = bourse_arena_alloc(link->arena, (count + (size_t)1) * sizeof *orders);
  if (orders == NULL) return BOURSE_ERROR_MEMORY;
  for (uint32_t i = 0; i < count; i++) {
    finish_order(link, &rows[i], status, m.reason);
    orders[i] = rows[i].order;
    if (orders[i].updated_ns > time_ns) time_ns = orders[i].updated_ns;
  }
  bourse_slice none = bourse__kraken_no_slice();
  bourse_topic *topic = bourse_link_topic(link, &channels[KRAKEN_FUTURES_ORDERS], none, none);
  if (topic != NULL)
    bourse_emit(link, topic, BOURSE_KIND_ORDER, orders, count, time_ns, snapshot ? BOURSE_STREAM_SNAPSHOT : 0);
  return BOURSE_OK;
}

/* --- Own fills --- */

typedef struct fill_row {
  bourse_fill fill;
  bourse_slice instrument;
  bourse_slice role;
  bourse_slice fee_currency;
  int32_t buys;
} fill_row;

static const bourse_field fill_fields[] = {
    BOURSE_FIELD_MUST("instrument", SLICE, fill_row, instrument),
    BOURSE_FIELD_MUST("time", TIME_MS, fill_row, fill.time_ns),
    BOURSE_FIELD_MUST("price", DECIMAL, fill_row, fill.price),
    BOURSE_FIELD("buy", BOOL, fill_row, buys),
    BOURSE_FIELD_MUST("qty", DECIMAL, fill_row, fill.contracts),
    BOURSE_FIELD("order_id", STRING, fill_row, fill.order_id),
    BOURSE_FIELD("cli_ord_id", STRING, fill_row, fill.client_order_id),
    BOURSE_FIELD_MUST("fill_id", STRING, fill_row, fill.id),
    BOURSE_FIELD("fill_type", SLICE, fill_row, role),
    BOURSE_FIELD("fee_paid", DECIMAL, fill_row, fill.fee),
    BOURSE_FIELD("fee_currency", SLICE, fill_row, fee_currency),
};
static const bourse_table fill_table = BOURSE_TABLE(fill_fields);

static int32_t read_fills(bourse_decoder *decoder, void *member) {
  bourse__kraken_list *rows = member;
  rows->size = sizeof(fill_row);
  int32_t code = bourse_decode_array_begin(decoder, "fills");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    void *row = bourse__kraken_add_row(decoder, rows);
    if (row == NULL) return BOURSE_ERROR_MEMORY;
    code = bourse_decode_object(decoder, &fill_table, row);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

typedef struct fills_message {
  bourse__kraken_list rows;
} fills_message;

static const bourse_field fills_fields[] = {
    BOURSE_FIELD_FULL("fills", CUSTOM, fills_message, rows, BOURSE_FIELD_REQUIRED, NULL, read_fills),
};
static const bourse_table fills_table = BOURSE_TABLE(fills_fields);

static const char *currency_of(bourse_link *link, bourse_slice asset) {
  const char *code = asset.data == NULL ? NULL : bourse__kraken_renamed(asset);
  return code != NULL || asset.data == NULL ? code : bourse_arena_copy(link->arena, asset.data, asset.length);
}

int32_t bourse__kraken_receive_fills(bourse_link *link, bourse_decoder *decoder, int32_t snapshot) {
  fills_message m;
  memset(&m, 0, sizeof m);
  bourse_decode_object(decoder, &fills_table, &m);
  int32_t code = bourse_link_decoded(link, decoder);
  if (code != BOURSE_OK) return code;
  const fill_row *rows = (const fill_row *)(const void *)m.rows.items;
  bourse_slice none = bourse__kraken_no_slice();
  bourse_topic *topic = bourse_link_topic(link, &channels[KRAKEN_FUTURES_FILLS], none, none);
  bourse_fill *fills = bourse_arena_alloc(link->arena, (m.rows.count + (size_t)1) * sizeof *fills);
  if (topic == NULL || fills == NULL) return fills == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
  int64_t time_ns = 0;
  for (uint32_t i = 0; i < m.rows.count; i++) {
    bourse_fill *fill = &fills[i];
    *fill = rows[i].fill;
    bourse_slice id = bourse__kraken_futures_id(link, rows[i].instrument);
    const bourse_market *market = bourse__kraken_futures_name(link, id, &fill->symbol, &fill->market_id);
    if (rows[i].buys != BOURSE_UNSET) fill->side = rows[i].buys == BOURSE_YES ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
    if (bourse_slice_begins(rows[i].role, "maker")) fill->role = BOURSE_MAKER;
    if (bourse_slice_begins(rows[i].role, "taker")) fill->role = BOURSE_TAKER;
    fill->fee_currency = currency_of(link, rows[i].fee_currency);
    if (!bourse__kraken_is_inverse(id)) fill->amount = fill->contracts;
    bourse__kraken_futures_cost(&fill->cost, market, bourse__kraken_is_inverse(id), &fill->contracts, &fill->price);
    if (fill->time_ns > time_ns) time_ns = fill->time_ns;
  }
  bourse_emit(link, topic, BOURSE_KIND_FILL, fills, m.rows.count, time_ns, snapshot ? BOURSE_STREAM_SNAPSHOT : 0);
  return BOURSE_OK;
}

static bourse_decimal magnitude(bourse_decimal value) {
  bourse_decimal_absolute(&value);
  return value;
}

/* --- Own positions: always all of them --- */

typedef struct position_row {
  bourse_position position;
  bourse_slice instrument;
  bourse_decimal balance; /* signed */
  bourse_slice currency;
} position_row;

static const bourse_field position_fields[] = {
    BOURSE_FIELD_MUST("instrument", SLICE, position_row, instrument),
    BOURSE_FIELD_MUST("balance", DECIMAL, position_row, balance),
    BOURSE_FIELD("pnl", DECIMAL, position_row, position.unrealized_pnl),
    BOURSE_FIELD_CUSTOM("entry_price", position_row, position.entry_price, bourse_decode_nonzero),
    BOURSE_FIELD("mark_price", DECIMAL, position_row, position.mark_price),
    BOURSE_FIELD_CUSTOM("liquidation_threshold", position_row, position.liquidation_price, bourse_decode_nonzero),
    BOURSE_FIELD("effective_leverage", DECIMAL, position_row, position.leverage),
    BOURSE_FIELD("initial_margin", DECIMAL, position_row, position.initial_margin),
    BOURSE_FIELD("maintenance_margin", DECIMAL, position_row, position.maintenance_margin),
    BOURSE_FIELD("pnl_currency", SLICE, position_row, currency),
};
static const bourse_table position_table = BOURSE_TABLE(position_fields);

static int32_t read_positions(bourse_decoder *decoder, void *member) {
  bourse__kraken_list *rows = member;
  rows->size = sizeof(position_row);
  int32_t code = bourse_decode_array_begin(decoder, "positions");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    void *row = bourse__kraken_add_row(decoder, rows);
    if (row == NULL) return BOURSE_ERROR_MEMORY;
    code = bourse_decode_object(decoder, &position_table, row);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

typedef struct positions_message {
  bourse__kraken_list rows;
  int64_t time_ns;
} positions_message;

static const bourse_field positions_fields[] = {
    BOURSE_FIELD_FULL("positions", CUSTOM, positions_message, rows, BOURSE_FIELD_REQUIRED, NULL, read_positions),
    BOURSE_FIELD("timestamp", TIME_MS, positions_message, time_ns),
};
static const bourse_table positions_table = BOURSE_TABLE(positions_fields);

int32_t bourse__kraken_receive_positions(bourse_link *link, bourse_decoder *decoder) {
  positions_message m;
  memset(&m, 0, sizeof m);
  bourse_decode_object(decoder, &positions_table, &m);
  int32_t code = bourse_link_decoded(link, decoder);
  if (code != BOURSE_OK) return code;
  const position_row *rows = (const position_row *)(const void *)m.rows.items;
  bourse_slice none = bourse__kraken_no_slice();
  bourse_topic *topic = bourse_link_topic(link, &channels[KRAKEN_FUTURES_POSITIONS], none, none);
  bourse_position *positions = bourse_arena_alloc(link->arena, (m.rows.count + (size_t)1) * sizeof *positions);
  if (topic == NULL || positions == NULL) return positions == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
  for (uint32_t i = 0; i < m.rows.count; i++) {
    bourse_position *position = &positions[i];
    *position = rows[i].position;
    bourse_slice id = bourse__kraken_futures_id(link, rows[i].instrument);
    const bourse_market *market = bourse__kraken_futures_name(link, id, &position->symbol, &position->market_id);
    int32_t sign = bourse_decimal_sign(&rows[i].balance);
    position->side = sign > 0 ? BOURSE_POSITION_LONG : sign < 0 ? BOURSE_POSITION_SHORT : 0;
    position->hedged = BOURSE_NO;
    position->time_ns = m.time_ns;
    position->contracts = magnitude(rows[i].balance);
    if (!bourse__kraken_is_inverse(id))
      position->amount = position->contracts;
    else if (market != NULL)
      bourse_decimal_mul(&position->notional, &position->contracts, &market->contract_size);
    position->margin_currency = currency_of(link, rows[i].currency);
    if (position->margin_currency == NULL && market != NULL) position->margin_currency = market->settle;
  }
  bourse_emit(link, topic, BOURSE_KIND_POSITION, positions, m.rows.count, m.time_ns, BOURSE_STREAM_SNAPSHOT);
  return BOURSE_OK;
}

/* --- Own balances: cash, the account of linear markets, and those of the inverse ones --- */

typedef struct balances_message {
  bourse__kraken_list rows;
  int64_t time_ns;
} balances_message;

typedef struct wallet_row {
  bourse_balance balance;
  bourse_slice unit;
} wallet_row;

static const bourse_field flex_fields[] = {
    BOURSE_FIELD("quantity", DECIMAL, wallet_row, balance.total),
    BOURSE_FIELD("available", DECIMAL, wallet_row, balance.free),
};
static const bourse_table flex_table = BOURSE_TABLE(flex_fields);

static const bourse_field single_fields[] = {
    BOURSE_FIELD("unit", SLICE, wallet_row, unit),
    BOURSE_FIELD("portfolio_value", DECIMAL, wallet_row, balance.equity),
    BOURSE_FIELD("balance", DECIMAL, wallet_row, balance.total),
    BOURSE_FIELD("available", DECIMAL, wallet_row, balance.free),
    BOURSE_FIELD("pnl", DECIMAL, wallet_row, balance.unrealized_pnl),
};
static const bourse_table single_table = BOURSE_TABLE(single_fields);

/* An object whose keys are currencies or accounts: a number each, or an object each. */
static int32_t read_wallets(bourse_decoder *decoder, bourse__kraken_list *rows, int32_t wallet,
                            const bourse_table *table) {
  bourse_slice key;
  rows->size = sizeof(bourse_balance);
  if (bourse_json_kind(&decoder->json) != BOURSE_JSON_OBJECT)
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "balances", "not an object");
  if (!bourse_json_object_begin(&decoder->json)) return BOURSE_ERROR_BAD_REPLY;
  while (decoder->error == BOURSE_OK && bourse_json_object_next(&decoder->json, &key)) {
    wallet_row row;
    memset(&row, 0, sizeof row);
    int32_t code = table == NULL ? bourse_decode_value(decoder, BOURSE_AS_DECIMAL, NULL, "holding", &row.balance.total)
                                 : bourse_decode_object(decoder, table, &row);
    if (code != BOURSE_OK) return code;
    bourse_balance *balance = bourse__kraken_add_row(decoder, rows);
    if (balance == NULL) return BOURSE_ERROR_MEMORY;
    *balance = row.balance;
    balance->wallet = wallet;
    balance->currency = currency_of(decoder->user_data, wallet == BOURSE_WALLET_INVERSE ? row.unit : key);
    if (wallet == BOURSE_WALLET_INVERSE) balance->name = bourse_arena_copy(decoder->arena, key.data, key.length);
    if (PRESENT(balance->total) && PRESENT(balance->free))
      bourse_decimal_sub(&balance->used, &balance->total, &balance->free);
  }
  return decoder->error;
}

static int32_t read_holding(bourse_decoder *decoder, void *member) {
  return read_wallets(decoder, member, BOURSE_WALLET_FUNDING, NULL);
}

static int32_t read_singles(bourse_decoder *decoder, void *member) {
  return read_wallets(decoder, member, BOURSE_WALLET_INVERSE, &single_table);
}

static int32_t read_currencies(bourse_decoder *decoder, void *member) {
  return read_wallets(decoder, member, BOURSE_WALLET_LINEAR, &flex_table);
}

static const bourse_field flex_account_fields[] = {
    BOURSE_FIELD_CUSTOM("currencies", balances_message, rows, read_currencies),
};
static const bourse_table flex_account_table = BOURSE_TABLE(flex_account_fields);

static int32_t read_flex(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &flex_account_table, member);
}

static const bourse_field balances_fields[] = {
    BOURSE_FIELD_CUSTOM("holding", balances_message, rows, read_holding),
    BOURSE_FIELD_CUSTOM("futures", balances_message, rows, read_singles),
    BOURSE_FIELD_CUSTOM("flex_futures", balances_message, rows, read_flex),
    BOURSE_FIELD("timestamp", TIME_MS, balances_message, time_ns),
};
static const bourse_table balances_table = BOURSE_TABLE(balances_fields);
_Static_assert(offsetof(balances_message, rows) == 0, "currencies are read from the message's beginning on");

int32_t bourse__kraken_receive_balances(bourse_link *link, bourse_decoder *decoder, int32_t snapshot) {
  balances_message m;
  memset(&m, 0, sizeof m);
  bourse_decode_object(decoder, &balances_table, &m);
  int32_t code = bourse_link_decoded(link, decoder);
  if (code != BOURSE_OK) return code;
  bourse_slice none = bourse__kraken_no_slice();
  bourse_topic *topic = bourse_link_topic(link, &channels[KRAKEN_FUTURES_BALANCES], none, none);
  if (topic == NULL) return BOURSE_OK;
  bourse_balance *balances = (bourse_balance *)(void *)m.rows.items;
  for (uint32_t i = 0; i < m.rows.count; i++) balances[i].time_ns = m.time_ns;
  bourse_emit(link, topic, BOURSE_KIND_BALANCE, balances, m.rows.count, m.time_ns,
              snapshot ? BOURSE_STREAM_SNAPSHOT : 0);
  return BOURSE_OK;
}
