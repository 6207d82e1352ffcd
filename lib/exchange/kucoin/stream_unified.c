/* exchange/kucoin/stream_unified.c - streams of the unified account: a connection of its own, whose messages name their channel
 * and have members of one or two letters. One subscription tells of spot, margin and futures; each goes to those who watch it. */
#include <string.h>

#include "exchange/kucoin/stream.h"

static const bourse_channel *const channels = bourse__kucoin_channels;
static const bourse_slice none = {"", 0};

/* --- Connecting and subscribing --- */

int32_t bourse__kucoin_unified_url(bourse_link *link, bourse_text *url) {
  bourse_text_string(url, "/?token=");
  bourse_text_url(url, link->token, strlen(link->token));
  return bourse_text_finish(url) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

int32_t bourse__kucoin_unified_subscribe(int32_t on, const bourse_topic *topic, int64_t id, bourse_text *message) {
  int32_t money = topic->channel == &channels[KUCOIN_UNIFIED_BALANCES];
  bourse_text_string(message, "{\"id\":\"");
  bourse_text_int(message, id);
  bourse_text_string(
      message, on ? "\",\"action\":\"SUBSCRIBE\",\"channel\":\"" : "\",\"action\":\"UNSUBSCRIBE\",\"channel\":\"");
  bourse_text_string(message, topic->channel->name);
  bourse_text_string(message, money ? "\",\"accountType\":\"UNIFIED\"}" : "\",\"tradeType\":\"UNIFIED\"}");
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* What tells those apart who watch one channel. */
const char *bourse__kucoin_unified_qualifier(int32_t product) {
  return product == BOURSE_PRODUCT_LINEAR ? "linear" : product == BOURSE_PRODUCT_INVERSE ? "inverse" : "spot";
}

/* The market of an id, into a record's names; its product, of a market that is not listed as its name says. */
static int32_t name_market(bourse_link *link, bourse_slice id, const bourse_market **market, const char **symbol,
                           const char **market_id) {
  static const int32_t products[] = {BOURSE_PRODUCT_LINEAR, BOURSE_PRODUCT_INVERSE};
  int32_t product = BOURSE_PRODUCT_SPOT;
  *market = NULL;
  if (memchr(id.data, '-', id.length) != NULL) {
    *market = bourse_link_market(link, product, id);
  } else {
    product = link->product != BOURSE_PRODUCT_SPOT ? link->product : BOURSE_PRODUCT_LINEAR;
    for (size_t i = 0; i < 2 && *market == NULL; i++) *market = bourse_link_market(link, products[i], id);
  }
  *symbol = *market == NULL ? NULL : (*market)->symbol;
  *market_id = *market != NULL ? (*market)->id : bourse_arena_copy(link->arena, id.data, id.length);
  return *market != NULL ? (*market)->product : product;
}

static bourse_topic *topic_of(bourse_link *link, uint32_t channel, int32_t product) {
  return bourse_link_topic(link, &channels[channel], none, bourse_slice_of(bourse__kucoin_unified_qualifier(product)));
}

/* --- Orders --- */

typedef bourse__kucoin_unified_order order_row;

static const bourse_field order_fields[] = {
    BOURSE_FIELD("tT", SLICE, order_row, trade_type),
    BOURSE_FIELD_MUST("oi", ID, order_row, order.id),
    BOURSE_FIELD("ci", ID, order_row, order.client_order_id),
    BOURSE_FIELD_FULL("os", INT64, order_row, status, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("eT", CHECK, order_row, order),
    BOURSE_FIELD_FULL("s", SLICE, order_row, symbol, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_ENUM("S", order_row, order.side, bourse__kucoin_unified_sides),
    BOURSE_FIELD("oT", STRING, order_row, type),
    BOURSE_FIELD_CUSTOM("p", order_row, order.price, bourse_decode_nonzero),
    BOURSE_FIELD("q", DECIMAL, order_row, size),
    BOURSE_FIELD("qU", STRING, order_row, unit),
    BOURSE_FIELD("fS", DECIMAL, order_row, filled),
    BOURSE_FIELD_CUSTOM("aP", order_row, order.average, bourse_decode_nonzero),
    BOURSE_FIELD("f", DECIMAL, order_row, order.fee),
    KUCOIN_CURRENCY("fC", order_row, order.fee_currency),
    BOURSE_FIELD("cR", ID, order_row, reason),
    BOURSE_FIELD_CUSTOM("tP", order_row, order.trigger_price, bourse_decode_nonzero),
    BOURSE_FIELD_ENUM("tPT", order_row, order.trigger_by, bourse__kucoin_trigger_prices),
    BOURSE_FIELD_CUSTOM("pP", order_row, take_profit, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("lP", order_row, stop_loss, bourse_decode_nonzero),
    BOURSE_FIELD_ENUM("stp", order_row, order.self_trade, bourse__kucoin_self_trades),
    BOURSE_FIELD("rO", BOOL, order_row, order.reduce_only),
    BOURSE_FIELD_ENUM("tIF", order_row, order.time_in_force, bourse__kucoin_times_in_force),
    BOURSE_FIELD("pO", BOOL, order_row, order.post_only),
    KUCOIN_TIME("O", order_row, order.created_ns),
    KUCOIN_TIME("U", order_row, order.updated_ns),
};
static const bourse_table order_table = BOURSE_TABLE(order_fields);

static int32_t receive_order(bourse_link *link, bourse_slice data) {
  bourse_decoder decoder;
  order_row row;
  const bourse_market *market;
  memset(&row, 0, sizeof row);
  bourse_link_decode_copy(link, &decoder, data.data, data.length);
  bourse_decode_object(&decoder, &order_table, &row);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  bourse_order *order = &row.order;
  int32_t product = name_market(link, row.symbol, &market, &order->symbol, &order->market_id);
  bourse__kucoin_unified_finish_order(market, &row);
  if (!link->lenient && product == BOURSE_PRODUCT_SPOT && order->margin_mode != link->margin_mode) return BOURSE_OK;
  bourse_topic *topic = topic_of(link, KUCOIN_UNIFIED_ORDERS, product);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_ORDER, order, 1, order->updated_ns, 0);
  return BOURSE_OK;
}

/* --- Fills --- Those of margin are not told from those of spot. */

typedef struct fill_row {
  bourse_fill fill;
  bourse_slice symbol;
  bourse_decimal size;
} fill_row;

static const bourse_field fill_fields[] = {
    BOURSE_FIELD("oi", ID, fill_row, fill.order_id),
    BOURSE_FIELD_FULL("s", SLICE, fill_row, symbol, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_ENUM("S", fill_row, fill.side, bourse__kucoin_unified_sides),
    BOURSE_FIELD("oT", CHECK, fill_row, fill),
    BOURSE_FIELD_MUST("p", DECIMAL, fill_row, fill.price),
    BOURSE_FIELD_MUST("q", DECIMAL, fill_row, size),
    BOURSE_FIELD_MUST("ti", ID, fill_row, fill.id),
    BOURSE_FIELD_FULL("E", CUSTOM, fill_row, fill.time_ns, BOURSE_FIELD_REQUIRED, NULL, bourse__kucoin_read_time),
    BOURSE_FIELD_ENUM("lR", fill_row, fill.role, bourse__kucoin_unified_roles),
    BOURSE_FIELD("f", DECIMAL, fill_row, fill.fee),
    KUCOIN_CURRENCY("fC", fill_row, fill.fee_currency),
    BOURSE_FIELD("ci", ID, fill_row, fill.client_order_id),
};
static const bourse_table fill_table = BOURSE_TABLE(fill_fields);

/* A liquidation's is of no order: "0". */
static int32_t receive_fill(bourse_link *link, bourse_slice data) {
  bourse_decoder decoder;
  fill_row row;
  const bourse_market *market;
  memset(&row, 0, sizeof row);
  bourse_link_decode_copy(link, &decoder, data.data, data.length);
  bourse_decode_object(&decoder, &fill_table, &row);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  bourse_fill *fill = &row.fill;
  int32_t product = name_market(link, row.symbol, &market, &fill->symbol, &fill->market_id);
  if (fill->order_id != NULL && strcmp(fill->order_id, "0") == 0) fill->order_id = NULL;
  if (fill->client_order_id != NULL && fill->client_order_id[0] == '\0') fill->client_order_id = NULL;
  bourse__kucoin_unified_finish_fill(market, product != BOURSE_PRODUCT_SPOT, &row.size, fill);
  bourse_topic *topic = topic_of(link, KUCOIN_UNIFIED_FILLS, product);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_FILL, fill, 1, fill->time_ns, 0);
  return BOURSE_OK;
}

/* --- Positions --- */

static const bourse_field position_fields[] = {
    BOURSE_FIELD("pi", ID, bourse__kucoin_position, position.id),
    BOURSE_FIELD_FULL("s", SLICE, bourse__kucoin_position, symbol, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_ENUM("mM", bourse__kucoin_position, position.margin_mode, bourse__kucoin_margin_modes),
    BOURSE_FIELD_MUST("q", DECIMAL, bourse__kucoin_position, quantity),
    BOURSE_FIELD_CUSTOM("eP", bourse__kucoin_position, position.entry_price, bourse_decode_nonzero),
    BOURSE_FIELD("pV", DECIMAL, bourse__kucoin_position, value),
    BOURSE_FIELD("mP", DECIMAL, bourse__kucoin_position, position.mark_price),
    BOURSE_FIELD_CUSTOM("lP", bourse__kucoin_position, position.liquidation_price, bourse_decode_nonzero),
    BOURSE_FIELD("l", DECIMAL, bourse__kucoin_position, position.leverage),
    BOURSE_FIELD("uPL", DECIMAL, bourse__kucoin_position, position.unrealized_pnl),
    BOURSE_FIELD("rPL", DECIMAL, bourse__kucoin_position, position.realized_pnl),
    BOURSE_FIELD("iM", DECIMAL, bourse__kucoin_position, position.initial_margin),
    BOURSE_FIELD("mtM", DECIMAL, bourse__kucoin_position, position.maintenance_margin),
    KUCOIN_TIME("U", bourse__kucoin_position, position.time_ns),
};
static const bourse_table position_table = BOURSE_TABLE(position_fields);

static int32_t receive_position(bourse_link *link, bourse_slice data) {
  bourse_decoder decoder;
  bourse__kucoin_position row;
  const bourse_market *market;
  memset(&row, 0, sizeof row);
  bourse_link_decode_copy(link, &decoder, data.data, data.length);
  bourse_decode_object(&decoder, &position_table, &row);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  bourse_position *position = &row.position;
  int32_t product = name_market(link, row.symbol, &market, &position->symbol, &position->market_id);
  bourse__kucoin_futures_finish_position(market, &row);
  bourse_topic *topic = topic_of(link, KUCOIN_UNIFIED_POSITIONS, product);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_POSITION, position, 1, position->time_ns, 0);
  return BOURSE_OK;
}

/* --- Balances --- */

static const bourse_field balance_fields[] = {
    BOURSE_FIELD("a", DECIMAL, bourse_balance, free),
    BOURSE_FIELD_MUST("b", DECIMAL, bourse_balance, total),
    BOURSE_FIELD_FULL("c", CUSTOM, bourse_balance, currency, BOURSE_FIELD_REQUIRED, NULL, bourse__kucoin_read_currency),
    BOURSE_FIELD("e", DECIMAL, bourse_balance, equity),
    BOURSE_FIELD("h", DECIMAL, bourse_balance, used),
    BOURSE_FIELD("l", DECIMAL, bourse_balance, borrowed),
    KUCOIN_TIME("U", bourse_balance, time_ns),
};
static const bourse_table balance_table = BOURSE_TABLE(balance_fields);

static int32_t receive_balance(bourse_link *link, bourse_slice data) {
  bourse_decoder decoder;
  bourse_balance balance;
  memset(&balance, 0, sizeof balance);
  bourse_link_decode_copy(link, &decoder, data.data, data.length);
  bourse_decode_object(&decoder, &balance_table, &balance);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  balance.wallet = BOURSE_WALLET_UNIFIED;
  if (bourse_decimal_is_present(&balance.borrowed)) bourse_decimal_sub(&balance.net, &balance.total, &balance.borrowed);
  bourse_topic *topic = bourse_link_topic(link, &channels[KUCOIN_UNIFIED_BALANCES], none, none);
  if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_BALANCE, &balance, 1, balance.time_ns, 0);
  return BOURSE_OK;
}

/* --- Messages --- */

typedef struct message {
  bourse_slice channel; /* "orderAll.UNIFIED" */
  bourse_slice data;
  bourse_slice word; /* "welcome", or why not */
  bourse_slice reason;
  bourse_slice code;
  bourse_slice type;
  bourse_slice op;
  bourse_slice result;
  bourse_slice id;
} message;

static const bourse_field message_fields[] = {
    BOURSE_FIELD("T", SLICE, message, channel),     BOURSE_FIELD("P", CHECK, message, channel),
    BOURSE_FIELD("d", RAW, message, data),          BOURSE_FIELD("id", SLICE, message, id),
    BOURSE_FIELD("result", RAW, message, result),   BOURSE_FIELD("message", SLICE, message, word),
    BOURSE_FIELD("reason", SLICE, message, reason), BOURSE_FIELD("code", SLICE, message, code),
    BOURSE_FIELD("type", SLICE, message, type),     BOURSE_FIELD("op", SLICE, message, op),
};
static const bourse_table message_table = BOURSE_TABLE(message_fields);

static const struct {
  const char *name;
  int32_t (*receive)(bourse_link *link, bourse_slice data);
} kinds[] = {
    {"orderAll.UNIFIED", receive_order},
    {"order.UNIFIED", receive_order},
    {"execution.UNIFIED", receive_fill},
    {"positionAll.UNIFIED", receive_position},
    {"position.UNIFIED", receive_position},
    {"balance.UNIFIED", receive_balance},
    {"balance.FUNDING", NULL}, /* news that no operation tells */
    {"leverage.UNIFIED", NULL},
    {"lw.UNIFIED", NULL},
    {"risk.UNIFIED", NULL},
};

static int32_t receive_push(bourse_link *link, const message *m) {
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (!bourse_slice_is(m->channel, kinds[i].name)) continue;
    if (kinds[i].receive == NULL) return BOURSE_OK;
    return m->data.data != NULL ? kinds[i].receive(link, m->data)
                                : bourse_link_unknown(link, "d: required, but missing");
  }
  return bourse_link_unknown(link, "a channel that we do not know");
}

/* {"id": "1", "result": true}: as a word in other places. */
static int32_t receive_result(bourse_link *link, const message *m) {
  int32_t good = bourse_slice_is(m->result, "true") || bourse_slice_is(m->result, "\"true\"");
  bourse_ack ack = {.id = bourse_slice_int(m->id)};
  if (!good) {
    ack.code = bourse__kucoin_error_code(m->code, m->reason.length > 0 ? m->reason : m->word);
    ack.exchange_code = m->code;
    ack.exchange_message = m->reason.length > 0 ? m->reason : m->word;
  }
  bourse_emit_ack(link, &ack);
  return BOURSE_OK;
}

int32_t bourse__kucoin_receive_unified(bourse_link *link, const char *bytes, size_t length) {
  bourse_decoder decoder;
  message m;
  memset(&m, 0, sizeof m);
  bourse_link_decode_copy(link, &decoder, bytes, length);
  bourse_decode_object(&decoder, &message_table, &m);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  if (m.channel.length > 0) return receive_push(link, &m);
  if (m.result.data != NULL) return receive_result(link, &m);
  if (bourse_slice_is(m.word, "welcome")) {
    bourse_emit_login(link, BOURSE_OK, none, none);
    return BOURSE_OK;
  }
  if (bourse_slice_is(m.type, "pong") || bourse_slice_is(m.op, "pong")) return BOURSE_OK;
  if (m.code.length == 0) return bourse_link_unknown(link, "a message that we do not know");
  bourse_emit_error(link, bourse__kucoin_error_code(m.code, m.word), m.code, m.word);
  return BOURSE_OK;
}
