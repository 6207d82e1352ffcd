/* exchange/binance/stream_user.c - messages about the account: orders, fills, balances, positions. */
#include <string.h>

#include "exchange/binance/stream.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

static const bourse_slice none = {"", 0};

static int32_t is_inverse(const bourse_link *link) { return link->product == BOURSE_PRODUCT_INVERSE; }

static const bourse_market *market_of(bourse_link *link, const char *id) {
  return id == NULL ? NULL : bourse_link_market(link, link->product, (bourse_slice){id, strlen(id)});
}

static void emit_own(bourse_link *link, int32_t feed, int32_t kind, const void *records, uint32_t count,
                     int64_t time_ns) {
  bourse_topic *topic = count == 0 ? NULL : bourse__binance_topic(link, feed, none, none);
  if (topic != NULL) bourse_emit(link, topic, kind, records, count, time_ns, 0);
}

/* --- Orders and fills --- */

/* executionReport of spot and margin, and what is in ORDER_TRADE_UPDATE of futures. */
typedef struct report {
  bourse_order order;
  bourse_fill fill;
  bourse_slice execution;
  bourse_slice time_in_force;
  bourse_slice original_type;
  bourse_slice expiry;
  const char *original_client_id;
  bourse_decimal stop_price;
  bourse_decimal trailing_delta; /* hundredths of a percent */
  int64_t list_id;
  int64_t event_ns;
  int32_t on_book;
  int32_t is_maker;
} report;

static const bourse_field spot_fields[] = {
    BOURSE_FIELD("E", TIME_MS, report, event_ns),
    BOURSE_FIELD_FULL("s", CUSTOM, report, order.symbol, BOURSE_FIELD_REQUIRED, NULL, bourse__binance_link_market),
    BOURSE_FIELD("c", STRING, report, order.client_order_id),
    BOURSE_FIELD_ENUM("S", report, order.side, bourse__binance_sides),
    BOURSE_FIELD("o", STRING, report, order.native_type),
    BOURSE_FIELD("f", SLICE, report, time_in_force),
    BOURSE_FIELD_CUSTOM("q", report, order.amount, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("p", report, order.price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("P", report, stop_price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("d", report, trailing_delta, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("F", report, order.iceberg_amount, bourse_decode_nonzero),
    BOURSE_FIELD("g", INT64, report, list_id),
    BOURSE_FIELD("C", STRING, report, original_client_id),
    BOURSE_FIELD("x", SLICE, report, execution),
    BOURSE_FIELD_MUST("X", STRING, report, order.native_status),
    BOURSE_FIELD("r", STRING, report, order.reason),
    BOURSE_FIELD_MUST("i", ID, report, order.id),
    BOURSE_FIELD("l", DECIMAL, report, fill.amount),
    BOURSE_FIELD("z", DECIMAL, report, order.filled),
    BOURSE_FIELD("L", DECIMAL, report, fill.price),
    BOURSE_FIELD("n", DECIMAL, report, fill.fee),
    BOURSE_FIELD("N", STRING, report, fill.fee_currency),
    BOURSE_FIELD("T", TIME_MS, report, order.updated_ns),
    BOURSE_FIELD("t", ID, report, fill.id),
    BOURSE_FIELD("w", BOOL, report, on_book),
    BOURSE_FIELD("m", BOOL, report, is_maker),
    BOURSE_FIELD_CUSTOM("O", report, order.created_ns, bourse_decode_time_ms),
    BOURSE_FIELD("Z", DECIMAL, report, order.cost),
    BOURSE_FIELD("Y", DECIMAL, report, fill.cost),
    BOURSE_FIELD_CUSTOM("Q", report, order.requested_cost, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("W", report, order.working_ns, bourse_decode_time_ms),
    BOURSE_FIELD_ENUM("V", report, order.self_trade, bourse__binance_self_trades),
    BOURSE_FIELD("eR", SLICE, report, expiry),
};
static const bourse_table spot_table = BOURSE_TABLE(spot_fields);

static const bourse_field futures_fields[] = {
    BOURSE_FIELD_FULL("s", CUSTOM, report, order.symbol, BOURSE_FIELD_REQUIRED, NULL, bourse__binance_link_market),
    BOURSE_FIELD("c", STRING, report, order.client_order_id),
    BOURSE_FIELD_ENUM("S", report, order.side, bourse__binance_sides),
    BOURSE_FIELD("o", STRING, report, order.native_type),
    BOURSE_FIELD("f", SLICE, report, time_in_force),
    BOURSE_FIELD_CUSTOM("q", report, order.amount, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("p", report, order.price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("ap", report, order.average, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("sp", report, stop_price, bourse_decode_nonzero),
    BOURSE_FIELD("x", SLICE, report, execution),
    BOURSE_FIELD_MUST("X", STRING, report, order.native_status),
    BOURSE_FIELD_MUST("i", ID, report, order.id),
    BOURSE_FIELD("l", DECIMAL, report, fill.amount),
    BOURSE_FIELD("z", DECIMAL, report, order.filled),
    BOURSE_FIELD("L", DECIMAL, report, fill.price),
    BOURSE_FIELD("n", DECIMAL, report, fill.fee),
    BOURSE_FIELD("N", STRING, report, fill.fee_currency),
    BOURSE_FIELD("T", TIME_MS, report, order.updated_ns),
    BOURSE_FIELD("t", ID, report, fill.id),
    BOURSE_FIELD("m", BOOL, report, is_maker),
    BOURSE_FIELD("R", BOOL, report, order.reduce_only),
    BOURSE_FIELD_ENUM("wt", report, order.trigger_by, bourse__binance_working_types),
    BOURSE_FIELD("ot", SLICE, report, original_type),
    BOURSE_FIELD_ENUM("ps", report, order.position_side, bourse__binance_position_sides),
    BOURSE_FIELD("cp", BOOL, report, order.close_position),
    BOURSE_FIELD_CUSTOM("AP", report, order.trailing_activation_price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("cr", report, order.trailing_percent, bourse_decode_nonzero),
    BOURSE_FIELD("rp", DECIMAL, report, fill.realized_pnl),
    BOURSE_FIELD_ENUM("V", report, order.self_trade, bourse__binance_self_trades),
    BOURSE_FIELD_CUSTOM("gtd", report, order.expire_ns, bourse_decode_time_ms),
    BOURSE_FIELD("er", SLICE, report, expiry),
};
static const bourse_table futures_table = BOURSE_TABLE(futures_fields);

static int32_t read_futures_report(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &futures_table, member);
}

static const bourse_field trade_update_fields[] = {
    BOURSE_FIELD("E", TIME_MS, report, event_ns),
    BOURSE_FIELD_FULL("o", CUSTOM, report, order, BOURSE_FIELD_REQUIRED, NULL, read_futures_report),
};
static const bourse_table trade_update_table = BOURSE_TABLE(trade_update_fields);
_Static_assert(offsetof(report, order) == 0, "the fields of o are of the whole");

/* Why it expired, where the reason of a refusal does not say it: "NONE" and "0" stand for nothing. */
static int32_t set_reason(bourse_link *link, report *row) {
  bourse_order *order = &row->order;
  if (order->reason != NULL && strcmp(order->reason, "NONE") != 0) return 1;
  if (row->expiry.length == 0 || bourse_slice_is(row->expiry, "0")) return 1;
  order->reason = bourse_arena_copy(link->arena, row->expiry.data, row->expiry.length);
  return order->reason != NULL;
}

/* A trade has a number and an amount; other reports say 0 or -1. Orders by which the exchange closes positions are
 * "CALCULATED", and fill just the same. */
static int32_t is_fill(const report *row) {
  return row->fill.id != NULL && row->fill.id[0] != '-' && strcmp(row->fill.id, "0") != 0 &&
         bourse_decimal_sign(&row->fill.amount) > 0;
}

static void finish_fill(const bourse_link *link, const bourse_market *market, report *row) {
  const bourse_order *order = &row->order;
  bourse_fill *fill = &row->fill;
  fill->order_id = order->id;
  fill->client_order_id = order->client_order_id;
  fill->symbol = order->symbol;
  fill->market_id = order->market_id;
  fill->time_ns = order->updated_ns;
  fill->side = order->side;
  fill->role = row->is_maker > 0 ? BOURSE_MAKER : row->is_maker < 0 ? BOURSE_TAKER : 0;
  fill->margin_mode = order->margin_mode;
  fill->position_side = order->position_side;
  if (link->product != BOURSE_PRODUCT_SPOT) fill->contracts = fill->amount;
  if (is_inverse(link)) {
    memset(&fill->amount, 0, sizeof fill->amount);
    if (market != NULL) bourse_decimal_mul(&fill->cost, &fill->contracts, &market->contract_size);
  } else if (!PRESENT(fill->cost) && PRESENT(fill->price)) {
    bourse_decimal_mul(&fill->cost, &fill->price, &fill->amount);
  }
}

static int32_t finish_report(bourse_link *link, report *row) {
  static const bourse_decimal not_told = {0, 0, 0, 0};
  bourse_order *order = &row->order;
  const bourse_market *market = market_of(link, order->market_id);
  if (order->client_order_id != NULL && *order->client_order_id == '\0') order->client_order_id = NULL;
  /* Of a cancel, "c" is the id of the cancel itself. */
  if (row->original_client_id != NULL && *row->original_client_id != '\0' &&
      bourse_slice_is(row->execution, "CANCELED"))
    order->client_order_id = row->original_client_id;
  if (!set_reason(link, row)) return BOURSE_ERROR_MEMORY;
  if (row->list_id >= 0 && link->product == BOURSE_PRODUCT_SPOT) {
    order->list_id = bourse_arena_format(link->arena, "%lld", (long long)row->list_id);
    if (order->list_id == NULL) return BOURSE_ERROR_MEMORY;
  }
  if (link->product == BOURSE_PRODUCT_SPOT) order->margin_mode = link->margin_mode;
  bourse__binance_finish_status(order, bourse__binance_statuses);
  bourse__binance_finish_type(link->product != BOURSE_PRODUCT_SPOT, order, row->original_type, row->time_in_force,
                              &row->stop_price);
  bourse__binance_finish_waiting(order, &row->trailing_delta, &row->stop_price,
                                 link->product == BOURSE_PRODUCT_SPOT && row->on_book < 0);
  if (order->created_ns == 0 && bourse_slice_is(row->execution, "NEW")) order->created_ns = order->updated_ns;
  order->realization = BOURSE_NATIVE;
  bourse__binance_finish_amounts(link->product, market, order, &not_told);
  finish_fill(link, market, row);
  return BOURSE_OK;
}

static int32_t read_report(bourse__binance_event *event, const bourse_table *table) {
  report row;
  bourse_link *link = event->link;
  memset(&row, 0, sizeof row);
  row.list_id = -1;
  bourse_decode_object(&event->decoder, table, &row);
  int32_t code = bourse__binance_end(event), fills = is_fill(&row);
  if (code == BOURSE_OK) code = finish_report(link, &row);
  if (code != BOURSE_OK) return code;
  emit_own(link, BINANCE_OWN_ORDERS, BOURSE_KIND_ORDER, &row.order, 1, row.event_ns);
  if (fills) emit_own(link, BINANCE_OWN_FILLS, BOURSE_KIND_FILL, &row.fill, 1, row.event_ns);
  return BOURSE_OK;
}

/* --- Conditional orders of futures --- */

typedef struct algo_event {
  bourse_order order;
  bourse_slice id;
  bourse_slice time_in_force;
  bourse_decimal trigger_price;
  bourse_decimal actual_amount;
  int64_t event_ns;
  int64_t time_ns;
} algo_event;

static const bourse_field algo_fields[] = {
    BOURSE_FIELD("caid", STRING, algo_event, order.client_order_id),
    BOURSE_FIELD_FULL("aid", SLICE, algo_event, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("o", STRING, algo_event, order.native_type),
    BOURSE_FIELD_FULL("s", CUSTOM, algo_event, order.symbol, BOURSE_FIELD_REQUIRED, NULL, bourse__binance_link_market),
    BOURSE_FIELD_ENUM("S", algo_event, order.side, bourse__binance_sides),
    BOURSE_FIELD_ENUM("ps", algo_event, order.position_side, bourse__binance_position_sides),
    BOURSE_FIELD("f", SLICE, algo_event, time_in_force),
    BOURSE_FIELD_CUSTOM("q", algo_event, order.amount, bourse_decode_nonzero),
    BOURSE_FIELD_MUST("X", STRING, algo_event, order.native_status),
    BOURSE_FIELD("ai", ID, algo_event, order.triggered_order_id),
    BOURSE_FIELD_CUSTOM("ap", algo_event, order.average, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("aq", algo_event, actual_amount, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("tp", algo_event, trigger_price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("p", algo_event, order.price, bourse_decode_nonzero),
    BOURSE_FIELD_ENUM("V", algo_event, order.self_trade, bourse__binance_self_trades),
    BOURSE_FIELD_ENUM("wt", algo_event, order.trigger_by, bourse__binance_working_types),
    BOURSE_FIELD("cp", BOOL, algo_event, order.close_position),
    BOURSE_FIELD("R", BOOL, algo_event, order.reduce_only),
    BOURSE_FIELD_CUSTOM("tt", algo_event, order.working_ns, bourse_decode_time_ms),
    BOURSE_FIELD_CUSTOM("gtd", algo_event, order.expire_ns, bourse_decode_time_ms),
    BOURSE_FIELD("rm", STRING, algo_event, order.reason),
};
static const bourse_table algo_table = BOURSE_TABLE(algo_fields);

static int32_t read_algo_fields(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &algo_table, member);
}

static const bourse_field algo_update_fields[] = {
    BOURSE_FIELD("T", TIME_MS, algo_event, time_ns),
    BOURSE_FIELD("E", TIME_MS, algo_event, event_ns),
    BOURSE_FIELD_FULL("o", CUSTOM, algo_event, order, BOURSE_FIELD_REQUIRED, NULL, read_algo_fields),
};
static const bourse_table algo_update_table = BOURSE_TABLE(algo_update_fields);
_Static_assert(offsetof(algo_event, order) == 0, "the fields of o are of the whole");

static int32_t read_algo(bourse__binance_event *event) {
  algo_event row;
  bourse_order *order = &row.order;
  memset(&row, 0, sizeof row);
  bourse_decode_object(&event->decoder, &algo_update_table, &row);
  int32_t code = bourse__binance_end(event);
  if (code != BOURSE_OK) return code;
  order->id = bourse_arena_format(event->link->arena, BINANCE_ALGO_PREFIX "%.*s", (int)row.id.length, row.id.data);
  if (order->id == NULL) return BOURSE_ERROR_MEMORY;
  order->updated_ns = row.time_ns;
  if (strcmp(order->native_status, "NEW") == 0) order->created_ns = row.time_ns;
  bourse__binance_finish_algo(event->link->product, order, row.time_in_force, &row.trigger_price, &row.actual_amount);
  emit_own(event->link, BINANCE_OWN_ORDERS, BOURSE_KIND_ORDER, order, 1, row.event_ns);
  return BOURSE_OK;
}

/* --- Balances and positions --- */

/* Whatever list it is: the event's decoder reads rows into what is handed over afterwards. */
typedef struct account_event {
  bourse_balance *balances;
  bourse_position *positions;
  uint32_t balance_count;
  uint32_t position_count;
  int64_t event_ns;
  int64_t time_ns;
} account_event;

static int32_t wallet_of(const bourse_link *link) {
  switch (link->product) {
    case BOURSE_PRODUCT_LINEAR: return BOURSE_WALLET_LINEAR;
    case BOURSE_PRODUCT_INVERSE: return BOURSE_WALLET_INVERSE;
    default:
      return link->margin_mode == BOURSE_MARGIN_CROSS      ? BOURSE_WALLET_CROSS
             : link->margin_mode == BOURSE_MARGIN_ISOLATED ? BOURSE_WALLET_ISOLATED
                                                           : BOURSE_WALLET_SPOT;
  }
}

static const bourse_field balance_fields[] = {
    BOURSE_FIELD_MUST("a", STRING, bourse_balance, currency),
    BOURSE_FIELD("f", DECIMAL, bourse_balance, free),
    BOURSE_FIELD("l", DECIMAL, bourse_balance, used),
    BOURSE_FIELD("wb", DECIMAL, bourse_balance, total),
};
static const bourse_table balance_table = BOURSE_TABLE(balance_fields);

/* Spot and margin tell free and locked; futures the wallet's balance, and not what of it is free. */
static int32_t read_balances(bourse_decoder *decoder, void *member) {
  account_event *account = member;
  const bourse_link *link = decoder->user_data;
  uint32_t room = bourse_decode_count(decoder);
  account->balance_count = 0;
  account->balances = bourse_arena_alloc(decoder->arena, room * sizeof *account->balances);
  if (account->balances == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "B", "memory is out");
  int32_t code = bourse_decode_array_begin(decoder, "B");
  while (code == BOURSE_OK && account->balance_count < room && bourse_decode_array_next(decoder)) {
    bourse_balance *balance = &account->balances[account->balance_count++];
    code = bourse_decode_object(decoder, &balance_table, balance);
    balance->wallet = wallet_of(link);
    if (balance->wallet == BOURSE_WALLET_ISOLATED && *link->symbol != '\0') balance->symbol = link->symbol;
    if (PRESENT(balance->free) && PRESENT(balance->used))
      bourse_decimal_add(&balance->total, &balance->free, &balance->used);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

typedef struct position_row {
  bourse_position position;
  bourse_decimal amount; /* signed; contracts on COIN-M */
  int32_t side;
  bourse_decimal isolated_wallet;
} position_row;

static const bourse_field position_fields[] = {
    BOURSE_FIELD_FULL("s", CUSTOM, position_row, position.symbol, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__binance_link_market),
    BOURSE_FIELD_MUST("pa", DECIMAL, position_row, amount),
    BOURSE_FIELD_CUSTOM("ep", position_row, position.entry_price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("bep", position_row, position.break_even_price, bourse_decode_nonzero),
    BOURSE_FIELD("cr", DECIMAL, position_row, position.realized_pnl),
    BOURSE_FIELD("up", DECIMAL, position_row, position.unrealized_pnl),
    BOURSE_FIELD_ENUM("mt", position_row, position.margin_mode, bourse__binance_margin_types),
    BOURSE_FIELD_CUSTOM("iw", position_row, isolated_wallet, bourse_decode_nonzero),
    BOURSE_FIELD_ENUM("ps", position_row, side, bourse__binance_position_sides),
    BOURSE_FIELD("mp", DECIMAL, position_row, position.mark_price),         /* of a margin call */
    BOURSE_FIELD("mm", DECIMAL, position_row, position.maintenance_margin), /* of a margin call */
};
static const bourse_table position_table = BOURSE_TABLE(position_fields);

static int32_t read_positions(bourse_decoder *decoder, void *member) {
  account_event *account = member;
  bourse_link *link = decoder->user_data;
  uint32_t room = bourse_decode_count(decoder);
  account->position_count = 0;
  account->positions = bourse_arena_alloc(decoder->arena, room * sizeof *account->positions);
  if (account->positions == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "P", "memory is out");
  int32_t code = bourse_decode_array_begin(decoder, "P");
  while (code == BOURSE_OK && account->position_count < room && bourse_decode_array_next(decoder)) {
    position_row row;
    memset(&row, 0, sizeof row);
    code = bourse_decode_object(decoder, &position_table, &row);
    bourse_position *position = &account->positions[account->position_count++];
    *position = row.position;
    position->margin = row.isolated_wallet;
    bourse__binance_finish_position(is_inverse(link), position, row.side, &row.amount);
    /* Which of the two is closed must be told. */
    if (position->side == 0 && position->hedged > 0) position->side = row.side;
    const bourse_market *market = market_of(link, position->market_id);
    if (market != NULL) position->margin_currency = market->settle;
    if (market != NULL && is_inverse(link))
      bourse_decimal_mul(&position->notional, &position->contracts, &market->contract_size);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field spot_account_fields[] = {
    BOURSE_FIELD("E", TIME_MS, account_event, event_ns),
    BOURSE_FIELD("u", TIME_MS, account_event, time_ns),
    BOURSE_FIELD_FULL("B", CUSTOM, account_event, balances, BOURSE_FIELD_REQUIRED, NULL, read_balances),
};
static const bourse_table spot_account_table = BOURSE_TABLE(spot_account_fields);

static const bourse_field changes_fields[] = {
    BOURSE_FIELD_CUSTOM("B", account_event, balances, read_balances),
    BOURSE_FIELD_CUSTOM("P", account_event, balances, read_positions),
};
static const bourse_table changes_table = BOURSE_TABLE(changes_fields);
_Static_assert(offsetof(account_event, balances) == 0, "lists are read into the whole");

static int32_t read_changes(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &changes_table, member);
}

static const bourse_field futures_account_fields[] = {
    BOURSE_FIELD("E", TIME_MS, account_event, event_ns),
    BOURSE_FIELD("T", TIME_MS, account_event, time_ns),
    BOURSE_FIELD_FULL("a", CUSTOM, account_event, balances, BOURSE_FIELD_REQUIRED, NULL, read_changes),
};
static const bourse_table futures_account_table = BOURSE_TABLE(futures_account_fields);

static const bourse_field margin_call_fields[] = {
    BOURSE_FIELD("E", TIME_MS, account_event, event_ns),
    BOURSE_FIELD_FULL("p", CUSTOM, account_event, balances, BOURSE_FIELD_REQUIRED, NULL, read_positions),
};
static const bourse_table margin_call_table = BOURSE_TABLE(margin_call_fields);

/* Only what changed is told. */
static int32_t read_account(bourse__binance_event *event, const bourse_table *table) {
  account_event account;
  memset(&account, 0, sizeof account);
  bourse_decode_object(&event->decoder, table, &account);
  int32_t code = bourse__binance_end(event);
  if (code != BOURSE_OK) return code;
  if (account.time_ns == 0) account.time_ns = account.event_ns;
  for (uint32_t i = 0; i < account.balance_count; i++) account.balances[i].time_ns = account.time_ns;
  for (uint32_t i = 0; i < account.position_count; i++) account.positions[i].time_ns = account.time_ns;
  emit_own(event->link, BINANCE_OWN_BALANCES, BOURSE_KIND_BALANCE, account.balances, account.balance_count,
           account.event_ns);
  emit_own(event->link, BINANCE_OWN_POSITIONS, BOURSE_KIND_POSITION, account.positions, account.position_count,
           account.event_ns);
  return BOURSE_OK;
}

/* --- Which of them --- */

int32_t bourse__binance_user_event(bourse__binance_event *event, int32_t *code) {
  bourse_slice type = event->type;
  if (bourse_slice_is(type, "executionReport"))
    *code = read_report(event, &spot_table);
  else if (bourse_slice_is(type, "ORDER_TRADE_UPDATE"))
    *code = read_report(event, &trade_update_table);
  else if (bourse_slice_is(type, "ALGO_UPDATE"))
    *code = read_algo(event);
  else if (bourse_slice_is(type, "outboundAccountPosition"))
    *code = read_account(event, &spot_account_table);
  else if (bourse_slice_is(type, "ACCOUNT_UPDATE"))
    *code = read_account(event, &futures_account_table);
  else if (bourse_slice_is(type, "MARGIN_CALL"))
    *code = read_account(event, &margin_call_table);
  else
    return 0;
  return 1;
}
