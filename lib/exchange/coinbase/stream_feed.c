/* exchange/coinbase/stream_feed.c - the public feed of Coinbase Exchange: tickers and trades. Its books have no numbers there
 * that could prove them, so they come from Advanced Trade. */
#include "exchange/coinbase/stream.h"

#include <string.h>

static const bourse_channel *const channels = bourse__coinbase_channels;

int32_t bourse__coinbase_feed_subscribe(int32_t on, const bourse_topic *const *topics, uint32_t count,
                                        bourse_text *message) {
  bourse_text_string(message, on ? "{\"type\":\"subscribe\"" : "{\"type\":\"unsubscribe\"");
  for (uint32_t i = 0; i < count; i++) {
    bourse_text_string(message, i == 0 ? ",\"product_ids\":[" : ",");
    bourse_text_json(message, topics[i]->id, strlen(topics[i]->id));
  }
  bourse_text_string(message, "],\"channels\":[\"");
  bourse_text_string(message, topics[0]->channel->name);
  /* One a second for each market keeps a quiet connection from being taken for a dead one. */
  bourse_text_string(message, "\",\"heartbeat\"]}");
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* --- Messages: all of them flat --- */

typedef struct feed_message {
  bourse_slice type;
  bourse_slice id;
  bourse_slice side;
  bourse_slice channels;
  bourse_slice text;
  bourse_slice reason;
  const char *trade_id;
  bourse_decimal price;
  bourse_decimal size;
  bourse_ticker ticker;
  int64_t time_ns;
} feed_message;

static const bourse_field feed_fields[] = {
    BOURSE_FIELD_FULL("type", SLICE, feed_message, type, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("trade_id", ID, feed_message, trade_id),
    BOURSE_FIELD("sequence", CHECK, feed_message, type),
    BOURSE_FIELD("product_id", SLICE, feed_message, id),
    BOURSE_FIELD("price", DECIMAL, feed_message, price),
    BOURSE_FIELD("open_24h", DECIMAL, feed_message, ticker.open),
    BOURSE_FIELD("volume_24h", DECIMAL, feed_message, ticker.base_volume),
    BOURSE_FIELD("low_24h", DECIMAL, feed_message, ticker.low),
    BOURSE_FIELD("high_24h", DECIMAL, feed_message, ticker.high),
    BOURSE_FIELD("volume_30d", CHECK, feed_message, type),
    BOURSE_FIELD("best_bid", DECIMAL, feed_message, ticker.bid),
    BOURSE_FIELD("best_bid_size", DECIMAL, feed_message, ticker.bid_amount),
    BOURSE_FIELD("best_ask", DECIMAL, feed_message, ticker.ask),
    BOURSE_FIELD("best_ask_size", DECIMAL, feed_message, ticker.ask_amount),
    BOURSE_FIELD("side", SLICE, feed_message, side),
    BOURSE_FIELD("time", TIME_ISO, feed_message, time_ns),
    BOURSE_FIELD("last_size", DECIMAL, feed_message, ticker.last_amount),
    BOURSE_FIELD("size", DECIMAL, feed_message, size),
    BOURSE_FIELD("channels", RAW, feed_message, channels),
    BOURSE_FIELD("message", SLICE, feed_message, text),
    BOURSE_FIELD("reason", SLICE, feed_message, reason),
};
static const bourse_table feed_table = BOURSE_TABLE(feed_fields);

static void emit_ticker(bourse_link *link, const feed_message *m) {
  uint32_t last = link->lenient ? COINBASE_FEED_TICKER : COINBASE_FEED_BIDS_ASKS;
  for (uint32_t c = COINBASE_FEED_TICKER; c <= last; c++) {
    uint32_t step = 0;
    for (bourse_topic *topic; (topic = bourse__coinbase_topic(link, c, m->id, &step)) != NULL;) {
      bourse_ticker ticker = m->ticker;
      ticker.id = topic->market != NULL ? topic->market->id : topic->id;
      if (topic->market != NULL) ticker.symbol = topic->market->symbol;
      ticker.last = m->price;
      ticker.time_ns = m->time_ns;
      if (bourse_decimal_is_present(&ticker.open)) bourse_decimal_sub(&ticker.change, &ticker.last, &ticker.open);
      bourse_emit(link, topic, BOURSE_KIND_TICKER, &ticker, 1, m->time_ns, 0);
    }
  }
}

/* The side is that of the maker. */
static void emit_trade(bourse_link *link, const feed_message *m) {
  uint32_t step = 0;
  for (bourse_topic *topic; (topic = bourse__coinbase_topic(link, COINBASE_FEED_TRADES, m->id, &step)) != NULL;) {
    bourse_trade trade = {.symbol = topic->market == NULL ? NULL : topic->market->symbol,
                          .id = m->trade_id,
                          .time_ns = m->time_ns,
                          .side = bourse_slice_is(m->side, "buy")    ? BOURSE_SIDE_SELL
                                  : bourse_slice_is(m->side, "sell") ? BOURSE_SIDE_BUY
                                                                     : 0,
                          .aggregated = BOURSE_NO,
                          .price = m->price,
                          .amount = m->size};
    bourse_decimal_mul(&trade.cost, &trade.price, &trade.amount);
    bourse_emit(link, topic, BOURSE_KIND_TRADE, &trade, 1, m->time_ns, 0);
  }
}

/* --- Answers: everything that is subscribed now --- */

typedef struct subscribed {
  bourse_slice name;
  bourse_slice ids;
} subscribed;

static const bourse_field subscribed_fields[] = {
    BOURSE_FIELD("name", SLICE, subscribed, name),
    BOURSE_FIELD("product_ids", RAW, subscribed, ids),
};
static const bourse_table subscribed_table = BOURSE_TABLE(subscribed_fields);

static void acknowledge(bourse_link *link, const subscribed *one) {
  bourse_decoder decoder;
  bourse_slice id;
  bourse_decode_init(&decoder, link->arena, one->ids.data, one->ids.length, link);
  int32_t code = bourse_decode_array_begin(&decoder, "product_ids");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    code = bourse_decode_text(&decoder, &id);
    for (uint32_t c = COINBASE_FEED_TICKER; code == BOURSE_OK && c <= COINBASE_FEED_TRADES; c++) {
      uint32_t step = 0;
      if (!bourse_slice_is(one->name, channels[c].name)) continue;
      for (bourse_topic *topic; (topic = bourse__coinbase_topic(link, c, id, &step)) != NULL;) {
        bourse_ack ack = {.topic = topic};
        bourse_emit_ack(link, &ack);
      }
    }
  }
}

static int32_t answer(bourse_link *link, bourse_slice list) {
  bourse_decoder decoder;
  if (list.data == NULL || link->lenient) return BOURSE_OK;
  bourse_link_decode(link, &decoder, list.data, list.length);
  int32_t code = bourse_decode_array_begin(&decoder, "channels");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    subscribed one = {{NULL, 0}, {NULL, 0}};
    code = bourse_decode_object(&decoder, &subscribed_table, &one);
    if (code == BOURSE_OK && one.ids.data != NULL) acknowledge(link, &one);
  }
  return bourse_link_decoded(link, &decoder);
}

static int32_t refuse(bourse_link *link, const feed_message *m) {
  bourse_slice text = m->reason.length > 0 ? m->reason : m->text;
  int32_t code = bourse_slice_contains(text, "product") ? BOURSE_ERROR_BAD_SYMBOL : BOURSE_ERROR_BAD_REQUEST;
  bourse_emit_error(link, code, m->text, text);
  return BOURSE_OK;
}

int32_t bourse__coinbase_feed_receive(bourse_link *link, const char *bytes, size_t length) {
  bourse_decoder decoder;
  feed_message m;
  memset(&m, 0, sizeof m);
  bourse_link_decode_copy(link, &decoder, bytes, length);
  bourse_decode_object(&decoder, &feed_table, &m);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  if (bourse_slice_is(m.type, "ticker") && m.id.length > 0) emit_ticker(link, &m);
  /* The last trade before the subscription is told once, as `last_match`. */
  if (bourse_slice_is(m.type, "match") && m.id.length > 0) emit_trade(link, &m);
  if (bourse_slice_is(m.type, "subscriptions")) return answer(link, m.channels);
  return bourse_slice_is(m.type, "error") ? refuse(link, &m) : BOURSE_OK;
}
