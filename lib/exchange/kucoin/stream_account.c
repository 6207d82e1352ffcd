/* exchange/kucoin/stream_account.c - own orders, fills, balances and positions as they change. Orders of spot and of margin
 * come on one channel, which does not tell them apart; fees of fills are not told. */
#include <string.h>

#include "exchange/kucoin/stream.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

static const bourse_channel *const channels = bourse__kucoin_channels;
static const bourse_slice none = {"", 0};

static int32_t is_futures(uint32_t channel) { return channels[channel].socket == KUCOIN_SOCKET_FUTURES_ACCOUNT; }

/* 1 when what a message tells of a market is of the link's product: linear and inverse contracts share channels. */
static int32_t is_ours(bourse_link *link, uint32_t channel, bourse_slice id) {
  return link->lenient || !is_futures(channel) || bourse_link_market(link, link->product, id) != NULL;
}

static const bourse_market *name_market(bourse_link *link, bourse_slice id, const char **symbol,
                                        const char **market_id) {
  const bourse_market *market = bourse_link_market(link, link->product, id);
  *symbol = market == NULL ? NULL : market->symbol;
  *market_id = market != NULL ? market->id : bourse_arena_copy(link->arena, id.data, id.length);
  return market;
}

/* --- Orders and fills --- */

static const bourse_name statuses[] = {
    {"received", BOURSE_ORDER_OPEN},
    {"open", BOURSE_ORDER_OPEN},
    {"match", BOURSE_ORDER_OPEN},
    {"update", BOURSE_ORDER_OPEN},
    {"filled", BOURSE_ORDER_FILLED},
    {"canceled", BOURSE_ORDER_CANCELED},
    {NULL, 0},
};

static const bourse_name roles[] = {{"maker", BOURSE_MAKER}, {"taker", BOURSE_TAKER}, {NULL, 0}};

typedef struct order_row {
  bourse_order order;
  bourse_slice symbol;
  bourse_slice order_type;
  bourse_slice type;
  bourse_slice liquidity;
  bourse_decimal size;
  bourse_decimal origin;
  bourse_decimal filled;
  bourse_decimal match_price;
  bourse_decimal match_size;
  const char *trade_id;
  int32_t role;
  int32_t reserved;
  int64_t time_ns;
} order_row;

static const bourse_field order_fields[] = {
    BOURSE_FIELD("canceledFunds", CHECK, order_row, order),
    BOURSE_FIELD("canceledSize", CHECK, order_row, order),
    BOURSE_FIELD("clientOid", ID, order_row, order.client_order_id),
    BOURSE_FIELD("feeType", CHECK, order_row, order),
    BOURSE_FIELD("filledSize", DECIMAL, order_row, filled),
    BOURSE_FIELD("liquidity", SLICE, order_row, liquidity),
    BOURSE_FIELD_ENUM("marginMode", order_row, order.margin_mode, bourse__kucoin_margin_modes),
    BOURSE_FIELD_CUSTOM("matchPrice", order_row, match_price, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("matchSize", order_row, match_size, bourse_decode_nonzero),
    BOURSE_FIELD("oldSize", CHECK, order_row, order),
    BOURSE_FIELD_MUST("orderId", ID, order_row, order.id),
    KUCOIN_TIME("orderTime", order_row, order.created_ns),
    BOURSE_FIELD("orderType", SLICE, order_row, order_type),
    BOURSE_FIELD("originFunds", CHECK, order_row, order),
    BOURSE_FIELD_CUSTOM("originSize", order_row, origin, bourse_decode_nonzero),
    BOURSE_FIELD_ENUM("positionSide", order_row, order.position_side, bourse__kucoin_position_sides),
    BOURSE_FIELD_CUSTOM("price", order_row, order.price, bourse_decode_nonzero),
    BOURSE_FIELD("remainFunds", CHECK, order_row, order),
    BOURSE_FIELD("remainSize", CHECK, order_row, order),
    BOURSE_FIELD_ENUM("side", order_row, order.side, bourse__kucoin_sides),
    BOURSE_FIELD_CUSTOM("size", order_row, size, bourse_decode_nonzero),
    BOURSE_FIELD("status", CHECK, order_row, order),
    BOURSE_FIELD_FULL("symbol", SLICE, order_row, symbol, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("tradeId", ID, order_row, trade_id),
    KUCOIN_TIME("ts", order_row, time_ns),
    BOURSE_FIELD_FULL("type", SLICE, order_row, type, BOURSE_FIELD_REQUIRED, NULL, NULL),
};
static const bourse_table order_table = BOURSE_TABLE(order_fields);

static void finish_order(bourse_link *link, uint32_t channel, order_row *row, const bourse_market *market) {
  bourse_order *order = &row->order;
  order->status = bourse_name_value(statuses, row->type);
  if (order->status == 0) order->status = BOURSE_ORDER_UNKNOWN;
  order->native_status = bourse_arena_copy(link->arena, row->type.data, row->type.length);
  order->type = bourse_slice_is(row->order_type, "limit")    ? BOURSE_ORDER_LIMIT
                : bourse_slice_is(row->order_type, "market") ? BOURSE_ORDER_MARKET
                                                             : 0;
  order->updated_ns = row->time_ns;
  order->amount = PRESENT(row->size) ? row->size : row->origin;
  order->filled = row->filled;
  if (order->client_order_id != NULL && order->client_order_id[0] == '\0') order->client_order_id = NULL;
  order->realization = BOURSE_NATIVE;
  if (is_futures(channel)) {
    order->contracts = order->amount;
    order->filled_contracts = order->filled;
    memset(&order->amount, 0, sizeof order->amount);
    memset(&order->filled, 0, sizeof order->filled);
    bourse_from_contracts(market, &order->contracts, &order->amount);
    bourse_from_contracts(market, &order->filled_contracts, &order->filled);
  }
  if (PRESENT(order->amount) && PRESENT(order->filled))
    bourse_decimal_sub(&order->remaining, &order->amount, &order->filled);
}

static void make_fill(uint32_t channel, const order_row *row, const bourse_market *market, bourse_fill *fill) {
  const bourse_order *order = &row->order;
  memset(fill, 0, sizeof *fill);
  fill->id = row->trade_id;
  fill->order_id = order->id;
  fill->client_order_id = order->client_order_id;
  fill->symbol = order->symbol;
  fill->market_id = order->market_id;
  fill->side = order->side;
  fill->margin_mode = order->margin_mode;
  fill->position_side = order->position_side;
  fill->role = row->role;
  fill->price = row->match_price;
  fill->time_ns = row->time_ns;
  if (is_futures(channel)) {
    fill->contracts = row->match_size;
    bourse_from_contracts(market, &fill->contracts, &fill->amount);
    bourse__kucoin_futures_cost(market, &fill->contracts, &fill->price, &fill->cost);
  } else {
    fill->amount = row->match_size;
    bourse_decimal_mul(&fill->cost, &fill->price, &fill->amount);
  }
}

int32_t bourse__kucoin_receive_order(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  bourse_decoder decoder;
  order_row row;
  bourse_fill fill;
  memset(&row, 0, sizeof row);
  bourse__kucoin_decode_data(link, &decoder, m);
  bourse_decode_object(&decoder, &order_table, &row);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK || !is_ours(link, channel, row.symbol)) return code;
  row.role = bourse_name_value(roles, row.liquidity);
  const bourse_market *market = name_market(link, row.symbol, &row.order.symbol, &row.order.market_id);
  finish_order(link, channel, &row, market);
  bourse_topic *topic = bourse_link_topic(link, &channels[channel], none, none);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_ORDER, &row.order, 1, row.time_ns, 0);
  if (!bourse_slice_is(row.type, "match") || row.trade_id == NULL) return BOURSE_OK;
  topic = bourse_link_topic(link, &channels[channel + 1], none, none);
  if (topic == NULL) return BOURSE_OK;
  make_fill(channel, &row, market, &fill);
  bourse_emit(link, topic, BOURSE_KIND_FILL, &fill, 1, row.time_ns, 0);
  return BOURSE_OK;
}

/* --- Conditional orders --- */

static const bourse_name stop_statuses[] = {
    {"open", BOURSE_ORDER_UNTRIGGERED},
    {"triggered", BOURSE_ORDER_TRIGGERED},
    {"TRIGGERED", BOURSE_ORDER_TRIGGERED},
    {"cancel", BOURSE_ORDER_CANCELED},
    {"canceled", BOURSE_ORDER_CANCELED},
    {"done", BOURSE_ORDER_TRIGGERED},
    {NULL, 0},
};

typedef struct stop_row {
  bourse_order order;
  bourse_slice symbol;
  bourse_slice type;
  bourse_slice stop;
  bourse_slice trade_type;
  bourse_decimal size;
  bourse_decimal stop_price;
  int64_t time_ns;
} stop_row;

static const bourse_field stop_fields[] = {
    KUCOIN_TIME("createdAt", stop_row, order.created_ns),
    BOURSE_FIELD("error", CHECK, stop_row, order),
    BOURSE_FIELD_ENUM("marginMode", stop_row, order.margin_mode, bourse__kucoin_margin_modes),
    BOURSE_FIELD_MUST("orderId", ID, stop_row, order.id),
    BOURSE_FIELD_CUSTOM("orderPrice", stop_row, order.price, bourse_decode_nonzero),
    BOURSE_FIELD("orderType", CHECK, stop_row, order),
    BOURSE_FIELD_ENUM("side", stop_row, order.side, bourse__kucoin_sides),
    BOURSE_FIELD_CUSTOM("size", stop_row, size, bourse_decode_nonzero),
    BOURSE_FIELD("stop", SLICE, stop_row, stop),
    BOURSE_FIELD_CUSTOM("stopPrice", stop_row, stop_price, bourse_decode_nonzero),
    BOURSE_FIELD_ENUM("stopPriceType", stop_row, order.trigger_by, bourse__kucoin_trigger_prices),
    BOURSE_FIELD_FULL("symbol", SLICE, stop_row, symbol, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("tradeType", SLICE, stop_row, trade_type),
    BOURSE_FIELD("triggerSuccess", CHECK, stop_row, order),
    KUCOIN_TIME("ts", stop_row, time_ns),
    BOURSE_FIELD_FULL("type", SLICE, stop_row, type, BOURSE_FIELD_REQUIRED, NULL, NULL),
};
static const bourse_table stop_table = BOURSE_TABLE(stop_fields);

int32_t bourse__kucoin_receive_stop(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  bourse_decoder decoder;
  stop_row row;
  memset(&row, 0, sizeof row);
  bourse__kucoin_decode_data(link, &decoder, m);
  bourse_decode_object(&decoder, &stop_table, &row);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK || !is_ours(link, channel, row.symbol)) return code;
  bourse_order *order = &row.order;
  const bourse_market *market = name_market(link, row.symbol, &order->symbol, &order->market_id);
  order->status = bourse_name_value(stop_statuses, row.type);
  if (order->status == 0) order->status = BOURSE_ORDER_UNKNOWN;
  order->native_status = bourse_arena_copy(link->arena, row.type.data, row.type.length);
  order->updated_ns = row.time_ns;
  order->conditional = BOURSE_YES;
  order->realization = BOURSE_NATIVE;
  if (row.trade_type.length > 0) order->margin_mode = bourse_name_value(bourse__kucoin_trade_types, row.trade_type);
  if (is_futures(channel)) {
    order->contracts = row.size;
    bourse_from_contracts(market, &order->contracts, &order->amount);
  } else {
    order->amount = row.size;
    order->trigger_by = BOURSE_PRICE_LAST;
  }
  int32_t rises = bourse_slice_is(row.stop, "up") || bourse_slice_is(row.stop, "entry");
  order->trigger_price = row.stop_price;
  if (row.stop.length > 0)
    *(rises == (order->side == BOURSE_SIDE_SELL) ? &order->take_profit_price : &order->stop_loss_price) =
        row.stop_price;
  bourse_topic *topic = bourse_link_topic(link, &channels[channel], none, none);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_ORDER, order, 1, row.time_ns, 0);
  return BOURSE_OK;
}

/* --- Balances --- */

typedef struct balance_row {
  bourse_balance balance;
  bourse_slice event; /* "trade.hold", "margin.hold": the wallet */
} balance_row;

static const bourse_field balance_fields[] = {
    BOURSE_FIELD("accountId", CHECK, balance_row, balance),
    BOURSE_FIELD("available", DECIMAL, balance_row, balance.free),
    BOURSE_FIELD("availableChange", CHECK, balance_row, balance),
    BOURSE_FIELD_FULL("currency", CUSTOM, balance_row, balance.currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_currency),
    BOURSE_FIELD("hold", DECIMAL, balance_row, balance.used),
    BOURSE_FIELD("holdChange", CHECK, balance_row, balance),
    BOURSE_FIELD("relationContext", CHECK, balance_row, balance),
    BOURSE_FIELD("relationEvent", SLICE, balance_row, event),
    BOURSE_FIELD("relationEventId", CHECK, balance_row, balance),
    KUCOIN_TIME("time", balance_row, balance.time_ns),
    BOURSE_FIELD_MUST("total", DECIMAL, balance_row, balance.total),
};
static const bourse_table balance_table = BOURSE_TABLE(balance_fields);

static int32_t wallet_of(bourse_slice event) {
  return bourse_slice_begins(event, "main")       ? BOURSE_WALLET_FUNDING
         : bourse_slice_begins(event, "trade")    ? BOURSE_WALLET_SPOT
         : bourse_slice_begins(event, "margin")   ? BOURSE_WALLET_CROSS
         : bourse_slice_begins(event, "isolated") ? BOURSE_WALLET_ISOLATED
                                                  : 0;
}

static int32_t link_wallet(const bourse_link *link) {
  return link->margin_mode == BOURSE_MARGIN_CROSS      ? BOURSE_WALLET_CROSS
         : link->margin_mode == BOURSE_MARGIN_ISOLATED ? BOURSE_WALLET_ISOLATED
                                                       : BOURSE_WALLET_SPOT;
}

/* One channel for all wallets: those of others than the stream's are not its. */
int32_t bourse__kucoin_receive_balance(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  bourse_decoder decoder;
  balance_row row;
  memset(&row, 0, sizeof row);
  bourse__kucoin_decode_data(link, &decoder, m);
  bourse_decode_object(&decoder, &balance_table, &row);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  row.balance.wallet = wallet_of(row.event);
  if (!link->lenient && row.balance.wallet != link_wallet(link)) return BOURSE_OK;
  bourse_topic *topic = bourse_link_topic(link, &channels[channel], none, none);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_BALANCE, &row.balance, 1, row.balance.time_ns, 0);
  return BOURSE_OK;
}

typedef struct wallet_row {
  bourse_balance balance;
  bourse_decimal isolated;
  bourse_decimal cross;
} wallet_row;

static const bourse_field wallet_fields[] = {
    BOURSE_FIELD("availableBalance", DECIMAL, wallet_row, balance.free),
    BOURSE_FIELD("crossUnPnl", DECIMAL, wallet_row, cross),
    BOURSE_FIELD_FULL("currency", CUSTOM, wallet_row, balance.currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_currency),
    BOURSE_FIELD("equity", DECIMAL, wallet_row, balance.equity),
    BOURSE_FIELD("isolatedUnPnl", DECIMAL, wallet_row, isolated),
    KUCOIN_TIME("timestamp", wallet_row, balance.time_ns),
    BOURSE_FIELD("version", CHECK, wallet_row, balance),
    BOURSE_FIELD("walletBalance", DECIMAL, wallet_row, balance.total),
};
static const bourse_table wallet_table = BOURSE_TABLE(wallet_fields);

static int32_t is_linear(const char *currency) {
  return strcmp(currency, "USDT") == 0 || strcmp(currency, "USDC") == 0;
}

/* Older subjects tell parts of the same. */
int32_t bourse__kucoin_receive_wallet(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  bourse_decoder decoder;
  wallet_row row;
  if (!bourse_slice_is(m->subject, "walletBalance.change")) return BOURSE_OK;
  memset(&row, 0, sizeof row);
  bourse__kucoin_decode_data(link, &decoder, m);
  bourse_decode_object(&decoder, &wallet_table, &row);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  bourse_balance *balance = &row.balance;
  balance->wallet = is_linear(balance->currency) ? BOURSE_WALLET_LINEAR : BOURSE_WALLET_INVERSE;
  if (!link->lenient && (balance->wallet == BOURSE_WALLET_LINEAR) != (link->product == BOURSE_PRODUCT_LINEAR))
    return BOURSE_OK;
  if (PRESENT(row.isolated) && PRESENT(row.cross))
    bourse_decimal_add(&balance->unrealized_pnl, &row.isolated, &row.cross);
  if (PRESENT(balance->total) && PRESENT(balance->free))
    bourse_decimal_sub(&balance->used, &balance->total, &balance->free);
  bourse_topic *topic = bourse_link_topic(link, &channels[channel], none, none);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_BALANCE, balance, 1, balance->time_ns, 0);
  return BOURSE_OK;
}

/* --- Positions --- */

/* What a change of the mark price alone tells is no position: it has no size. */
int32_t bourse__kucoin_receive_position(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  bourse_decoder decoder;
  bourse__kucoin_position row;
  if (!bourse_slice_is(m->subject, "position.change")) return BOURSE_OK;
  memset(&row, 0, sizeof row);
  bourse__kucoin_decode_data(link, &decoder, m);
  bourse_decode_object(&decoder, &bourse__kucoin_position_event_table, &row);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK || !PRESENT(row.quantity)) return code;
  bourse_slice id = row.symbol.length > 0 ? row.symbol : m->name;
  if (id.length == 0 || !is_ours(link, channel, id)) return BOURSE_OK;
  const bourse_market *market = name_market(link, id, &row.position.symbol, &row.position.market_id);
  bourse__kucoin_futures_finish_position(market, &row);
  bourse_topic *topic = bourse_link_topic(link, &channels[channel], none, none);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_POSITION, &row.position, 1, row.position.time_ns, 0);
  return BOURSE_OK;
}
