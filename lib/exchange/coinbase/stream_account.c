/* exchange/coinbase/stream_account.c - own orders, positions of futures and their balance as they change.
 *
 * Orders come whole. Of fills no message tells more than their sum in the order: they are asked for when there are new ones. */
#include "exchange/coinbase/stream.h"

#include <string.h>

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

static const bourse_channel *const channels = bourse__coinbase_channels;

/* --- Orders --- */

typedef struct order_row {
  bourse_order order;
  bourse_slice id;
  bourse_slice product_type;
  const char *time_in_force;
  const char *trigger_status;
  const char *reject_reason;
  const char *cancel_reason;
  bourse_decimal leaves;
  bourse_decimal stop_price;
} order_row;

static const bourse_field order_fields[] = {
    BOURSE_FIELD_CUSTOM("avg_price", order_row, order.average, bourse_decode_nonzero),
    BOURSE_FIELD("cancel_reason", STRING, order_row, cancel_reason),
    BOURSE_FIELD("client_order_id", STRING, order_row, order.client_order_id),
    BOURSE_FIELD("cumulative_quantity", DECIMAL, order_row, order.filled),
    BOURSE_FIELD("filled_value", DECIMAL, order_row, order.cost),
    BOURSE_FIELD("leaves_quantity", DECIMAL, order_row, leaves),
    BOURSE_FIELD_CUSTOM("limit_price", order_row, order.price, bourse_decode_nonzero),
    BOURSE_FIELD_MUST("order_id", STRING, order_row, order.id),
    BOURSE_FIELD_ENUM("order_side", order_row, order.side, bourse__coinbase_sides),
    BOURSE_FIELD("order_type", STRING, order_row, order.native_type),
    BOURSE_FIELD("post_only", BOOL, order_row, order.post_only),
    BOURSE_FIELD("product_id", SLICE, order_row, id),
    BOURSE_FIELD("product_type", SLICE, order_row, product_type),
    BOURSE_FIELD("reject_reason", STRING, order_row, reject_reason),
    BOURSE_FIELD_MUST("status", STRING, order_row, order.native_status),
    BOURSE_FIELD_CUSTOM("stop_price", order_row, stop_price, bourse_decode_nonzero),
    BOURSE_FIELD("time_in_force", STRING, order_row, time_in_force),
    BOURSE_FIELD("total_fees", DECIMAL, order_row, order.fee),
    BOURSE_FIELD("trigger_status", STRING, order_row, trigger_status),
    BOURSE_FIELD_CUSTOM("creation_time", order_row, order.created_ns, bourse__coinbase_read_time),
    BOURSE_FIELD_CUSTOM("end_time", order_row, order.expire_ns, bourse__coinbase_read_time),
};
static const bourse_table order_table = BOURSE_TABLE(order_fields);

/* Spot and futures have ids of their own. */
static const bourse_market *market_of(bourse_link *link, bourse_slice id) {
  const bourse_market *market = bourse_link_market(link, BOURSE_PRODUCT_SPOT, id);
  return market != NULL ? market : bourse_link_market(link, BOURSE_PRODUCT_LINEAR, id);
}

static const char *name_of(bourse_link *link, const bourse_market *market, bourse_slice id) {
  return market != NULL ? market->id : bourse_arena_copy(link->arena, id.data == NULL ? "" : id.data, id.length);
}

static void set_amounts(const bourse_market *market, order_row *row) {
  bourse_order *order = &row->order;
  if (PRESENT(order->filled) && PRESENT(row->leaves)) bourse_decimal_add(&order->amount, &order->filled, &row->leaves);
  order->remaining = row->leaves;
  if (!bourse__coinbase_in_contracts(market, row->id)) return;
  order->contracts = order->amount;
  order->filled_contracts = order->filled;
  if (market == NULL) {
    memset(&order->amount, 0, sizeof order->amount);
    order->filled = order->remaining = order->amount;
    return;
  }
  bourse_from_contracts(market, &order->amount, &order->amount);
  bourse_from_contracts(market, &order->filled, &order->filled);
  bourse_from_contracts(market, &order->remaining, &order->remaining);
}

/* "Stop Limit", and STOP_LIMIT in requests. */
static void set_type(bourse_order *order) {
  bourse_slice type = bourse_slice_of(order->native_type);
  int32_t market = bourse_slice_begins(type, "market"), stop = bourse_slice_contains(type, "stop");
  if (type.length == 0) return;
  order->type = market ? BOURSE_ORDER_MARKET : BOURSE_ORDER_LIMIT;
  order->conditional = stop || bourse_slice_contains(type, "bracket") ? BOURSE_YES : BOURSE_NO;
}

static void finish_order(bourse_link *link, order_row *row, int64_t time_ns) {
  bourse_order *order = &row->order;
  const bourse_market *market = market_of(link, row->id);
  int32_t waits = row->trigger_status != NULL && strcmp(row->trigger_status, "STOP_PENDING") == 0;
  order->symbol = market == NULL ? NULL : market->symbol;
  order->market_id = name_of(link, market, row->id);
  set_amounts(market, row);
  set_type(order);
  bourse__coinbase_set_trigger(order, &row->stop_price, 0);
  order->status = bourse__coinbase_status(bourse_slice_of(order->native_status), 0, waits);
  order->time_in_force = bourse__coinbase_time_in_force(bourse_slice_of(row->time_in_force));
  if (!bourse__coinbase_is_blank(row->cancel_reason)) order->reason = row->cancel_reason;
  if (!bourse__coinbase_is_blank(row->reject_reason)) order->reason = row->reject_reason;
  if (PRESENT(order->fee) && market != NULL) order->fee_currency = market->quote;
  order->updated_ns = time_ns;
  order->realization = BOURSE_NATIVE;
}

static int32_t is_of_futures(const order_row *row) {
  return bourse_slice_is(row->product_type, "FUTURE") ||
         (row->product_type.length == 0 && bourse_slice_contains(row->id, "-CDE"));
}

/* --- Positions --- */

typedef struct position_row {
  bourse_position position;
  bourse_slice id;
  bourse_slice side;
} position_row;

static const bourse_field position_fields[] = {
    BOURSE_FIELD_FULL("product_id", SLICE, position_row, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("side", SLICE, position_row, side),
    BOURSE_FIELD_MUST("number_of_contracts", DECIMAL, position_row, position.contracts),
    BOURSE_FIELD("realized_pnl", DECIMAL, position_row, position.realized_pnl),
    BOURSE_FIELD("unrealized_pnl", DECIMAL, position_row, position.unrealized_pnl),
    BOURSE_FIELD_CUSTOM("entry_price", position_row, position.entry_price, bourse_decode_nonzero),
};
static const bourse_table position_table = BOURSE_TABLE(position_fields);

static void finish_position(bourse_link *link, position_row *row, int64_t time_ns) {
  bourse_position *position = &row->position;
  const bourse_market *market = bourse_link_market(link, BOURSE_PRODUCT_LINEAR, row->id);
  position->symbol = market == NULL ? NULL : market->symbol;
  position->market_id = name_of(link, market, row->id);
  bourse_decimal_absolute(&position->contracts);
  if (market != NULL) bourse_from_contracts(market, &position->contracts, &position->amount);
  if (bourse_decimal_sign(&position->contracts) != 0)
    position->side = bourse_slice_begins(row->side, "long")    ? BOURSE_POSITION_LONG
                     : bourse_slice_begins(row->side, "short") ? BOURSE_POSITION_SHORT
                                                               : 0;
  position->margin_currency = "USD";
  position->margin_mode = BOURSE_MARGIN_CROSS;
  position->hedged = BOURSE_NO;
  position->time_ns = time_ns;
}

/* --- Events --- */

static int32_t read_rows(bourse_decoder *decoder, bourse__coinbase_list *rows, const bourse_table *table,
                         const char *name) {
  int32_t code = bourse_decode_array_begin(decoder, name);
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    void *row = bourse__coinbase_add_row(decoder, rows);
    if (row == NULL) return BOURSE_ERROR_MEMORY;
    code = bourse_decode_object(decoder, table, row);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static int32_t read_orders(bourse_decoder *decoder, void *member) {
  bourse__coinbase_user *user =
      (bourse__coinbase_user *)(void *)((char *)member - offsetof(bourse__coinbase_user, orders));
  user->orders.size = sizeof(order_row);
  return read_rows(decoder, &user->orders, &order_table, "orders");
}

static int32_t read_expiring(bourse_decoder *decoder, void *member) {
  bourse__coinbase_user *user =
      (bourse__coinbase_user *)(void *)((char *)member - offsetof(bourse__coinbase_user, positions));
  user->positions.size = sizeof(position_row);
  user->has_positions = 1;
  return read_rows(decoder, &user->positions, &position_table, "expiring_futures_positions");
}

static const bourse_field positions_fields[] = {
    BOURSE_FIELD_CUSTOM("expiring_futures_positions", bourse__coinbase_user, positions, read_expiring)};
static const bourse_table positions_table = BOURSE_TABLE(positions_fields);

static int32_t read_positions(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &positions_table, (char *)member - offsetof(bourse__coinbase_user, positions));
}

#define MONEY(name_, member_) \
  BOURSE_FIELD_CUSTOM(name_, bourse__coinbase_user, balance.member_, bourse__coinbase_read_money)

static const bourse_field summary_fields[] = {
    MONEY("cfm_usd_balance", total),
    MONEY("unrealized_pnl", unrealized_pnl),
    MONEY("initial_margin", used),
    MONEY("available_margin", free),
};
static const bourse_table summary_table = BOURSE_TABLE(summary_fields);

static int32_t read_summary(bourse_decoder *decoder, void *member) {
  bourse__coinbase_user *user =
      (bourse__coinbase_user *)(void *)((char *)member - offsetof(bourse__coinbase_user, balance));
  user->has_balance = 1;
  return bourse_decode_object(decoder, &summary_table, user);
}

static int32_t read_type(bourse_decoder *decoder, void *member) {
  bourse_slice type = {NULL, 0};
  int32_t *traded = member, code = bourse_decode_text(decoder, &type);
  if (code == BOURSE_OK && bourse_slice_is(type, "update")) *traded = 1;
  return code;
}

static const bourse_field event_fields[] = {
    BOURSE_FIELD_CUSTOM("type", bourse__coinbase_user, traded, read_type),
    BOURSE_FIELD_CUSTOM("orders", bourse__coinbase_user, orders, read_orders),
    BOURSE_FIELD_CUSTOM("positions", bourse__coinbase_user, positions, read_positions),
    BOURSE_FIELD_CUSTOM("fcm_balance_summary", bourse__coinbase_user, balance, read_summary),
};
static const bourse_table event_table = BOURSE_TABLE(event_fields);

int32_t bourse__coinbase_read_user(bourse_decoder *decoder, bourse__coinbase_user *user) {
  int32_t code = bourse_decode_array_begin(decoder, "events");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder))
    code = bourse_decode_object(decoder, &event_table, user);
  return code != BOURSE_OK ? code : decoder->error;
}

/* --- Handing on --- */

static bourse_topic *account_topic(bourse_link *link, uint32_t channel) {
  return bourse_link_topic(link, &channels[channel], bourse_slice_of(""), bourse_slice_of(""));
}

/* A connection is for spot or for futures, and the channel tells of both. */
static void emit_orders(bourse_link *link, bourse__coinbase_user *user, int64_t time_ns) {
  order_row *rows = (order_row *)(void *)user->orders.items;
  uint32_t count = 0;
  int32_t filled = 0, futures = link->product == BOURSE_PRODUCT_LINEAR;
  bourse_order *orders = bourse_arena_alloc(link->arena, (user->orders.count + (size_t)1) * sizeof *orders);
  if (orders == NULL) return;
  for (uint32_t i = 0; i < user->orders.count; i++) {
    if (!link->lenient && is_of_futures(&rows[i]) != futures) continue;
    finish_order(link, &rows[i], time_ns);
    filled |= bourse_decimal_sign(&rows[i].order.filled) > 0;
    orders[count++] = rows[i].order;
  }
  bourse_topic *topic = count == 0 ? NULL : account_topic(link, COINBASE_ORDERS);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_ORDER, orders, count, time_ns, 0);
  topic = filled && user->traded && !link->lenient ? account_topic(link, COINBASE_FILLS) : NULL;
  if (topic != NULL) bourse_emit_news(link, topic);
}

static void emit_positions(bourse_link *link, bourse__coinbase_user *user, int64_t time_ns) {
  position_row *rows = (position_row *)(void *)user->positions.items;
  uint32_t count = user->positions.count;
  bourse_topic *topic = count == 0 ? NULL : account_topic(link, COINBASE_POSITIONS);
  bourse_position *positions = topic == NULL ? NULL : bourse_arena_alloc(link->arena, count * sizeof *positions);
  if (positions == NULL) return;
  for (uint32_t i = 0; i < count; i++) {
    finish_position(link, &rows[i], time_ns);
    positions[i] = rows[i].position;
  }
  bourse_emit(link, topic, BOURSE_KIND_POSITION, positions, count, time_ns, 0);
}

static void emit_balance(bourse_link *link, bourse__coinbase_user *user, int64_t time_ns) {
  bourse_balance *balance = &user->balance;
  bourse_topic *topic = account_topic(link, COINBASE_BALANCES);
  if (topic == NULL) return;
  balance->currency = "USD";
  balance->wallet = BOURSE_WALLET_LINEAR;
  balance->time_ns = time_ns;
  if (PRESENT(balance->total) && PRESENT(balance->unrealized_pnl))
    bourse_decimal_add(&balance->equity, &balance->total, &balance->unrealized_pnl);
  bourse_emit(link, topic, BOURSE_KIND_BALANCE, balance, 1, time_ns, BOURSE_STREAM_SNAPSHOT);
}

void bourse__coinbase_emit_user(bourse_link *link, bourse__coinbase_user *user, int64_t time_ns) {
  if (user->orders.count > 0) emit_orders(link, user, time_ns);
  if (user->has_positions) emit_positions(link, user, time_ns);
  if (user->has_balance) emit_balance(link, user, time_ns);
}
