/* exchange/bybit/stream_market.c - public messages: books, tickers, trades, candles, liquidations. */
#include <string.h>

#include "exchange/bybit/stream.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* Unified symbol and id of a topic's market into a record's pair of strings. */
static void name_market(const bourse_topic *topic, const char **symbol, const char **id) {
  *symbol = topic->market == NULL ? NULL : topic->market->symbol;
  *id = topic->market == NULL ? topic->id : topic->market->id;
}

static bourse_topic *topic_of(bourse_link *link, const bourse__bybit_message *m, int32_t kind) {
  const bourse_channel *channel = bourse__bybit_channel(link, kind);
  return channel == NULL ? NULL : bourse_link_topic(link, channel, m->name.id, m->name.part);
}

/* --- Books --- */

typedef struct book_data {
  bourse_level_list bids;
  bourse_level_list asks;
  int64_t number;
} book_data;

static const bourse_field book_fields[] = {
    BOURSE_FIELD("s", CHECK, book_data, number),
    BOURSE_FIELD_CUSTOM("b", book_data, bids, bourse_decode_level_list),
    BOURSE_FIELD_CUSTOM("a", book_data, asks, bourse_decode_level_list),
    BOURSE_FIELD_MUST("u", INT64, book_data, number),
    BOURSE_FIELD("seq", CHECK, book_data, number),
};
static const bourse_table book_table = BOURSE_TABLE(book_fields);

/* A book of one level is its best prices. */
static void emit_best(bourse_link *link, const bourse__bybit_name *name, const book_data *data, int64_t time_ns) {
  const bourse_channel *channel = bourse__bybit_channel(link, BYBIT_BIDS_ASKS);
  bourse_topic *topic = channel == NULL ? NULL : bourse_link_topic(link, channel, name->id, name->part);
  bourse_ticker ticker;
  if (topic == NULL) return;
  memset(&ticker, 0, sizeof ticker);
  name_market(topic, &ticker.symbol, &ticker.id);
  ticker.time_ns = time_ns;
  ticker.update_id = data->number;
  if (data->bids.count > 0) {
    ticker.bid = data->bids.levels[0].price;
    ticker.bid_amount = data->bids.levels[0].amount;
  }
  if (data->asks.count > 0) {
    ticker.ask = data->asks.levels[0].price;
    ticker.ask_amount = data->asks.levels[0].amount;
  }
  bourse_emit(link, topic, BOURSE_KIND_TICKER, &ticker, 1, time_ns, 0);
}

static int32_t read_book(bourse_decoder *decoder, bourse__bybit_message *m) {
  m->rows = bourse_arena_alloc(decoder->arena, sizeof(book_data));
  if (m->rows == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "data", "memory is out");
  return bourse_decode_object(decoder, &book_table, m->rows);
}

/* Number one begins anew, whatever the type says. Those of the whole book, and with prices for retail, are others. */
static int32_t emit_book(bourse_link *link, const bourse__bybit_message *m) {
  const book_data *data = m->rows;
  if (m->name.part.length == 0 || m->name.part.data[0] < '1' || m->name.part.data[0] > '9')
    return bourse_link_unknown(link, "a kind of book that we do not know");
  int64_t time_ns = m->engine_ns != 0 ? m->engine_ns : m->time_ns;
  if (bourse_slice_is(m->name.part, "1")) {
    emit_best(link, &m->name, data, time_ns);
    return BOURSE_OK;
  }
  bourse_topic *topic = topic_of(link, m, BYBIT_BOOK);
  if (topic == NULL) return BOURSE_OK;
  const bourse_book_update update = {
      .snapshot = bourse_slice_is(m->type, "snapshot") || data->number == 1 ? BOURSE_YES : BOURSE_NO,
      .bid_count = data->bids.count,
      .ask_count = data->asks.count,
      .time_ns = time_ns,
      .first = data->number,
      .last = data->number,
      .previous = BOURSE_NO_SEQUENCE,
      .bids = data->bids.levels,
      .asks = data->asks.levels};
  bourse_emit_book(link, topic, &update);
  return BOURSE_OK;
}

/* --- Tickers --- */

#define TICKER(name_, member_) BOURSE_FIELD(name_, DECIMAL, bourse__bybit_ticker_row, member_)
#define BEST(name_, member_)   BOURSE_FIELD_CUSTOM(name_, bourse__bybit_ticker_row, ticker.member_, bourse_decode_nonzero)

/* Options have names of their own for the best prices. */
static const bourse_field ticker_fields[] = {
    BOURSE_FIELD("symbol", CHECK, bourse__bybit_ticker_row, ticker),
    BOURSE_FIELD("tickDirection", CHECK, bourse__bybit_ticker_row, ticker),
    TICKER("price24hPcnt", ticker.percent),
    TICKER("lastPrice", ticker.last),
    TICKER("prevPrice24h", ticker.open),
    TICKER("highPrice24h", ticker.high),
    TICKER("lowPrice24h", ticker.low),
    TICKER("markPrice", ticker.mark_price),
    TICKER("indexPrice", ticker.index_price),
    TICKER("openInterest", ticker.open_interest),
    TICKER("turnover24h", turnover),
    TICKER("volume24h", volume),
    BEST("bid1Price", bid),
    TICKER("bid1Size", ticker.bid_amount),
    BEST("ask1Price", ask),
    TICKER("ask1Size", ticker.ask_amount),
    BEST("bidPrice", bid),
    BEST("bidSize", bid_amount),
    BEST("askPrice", ask),
    BEST("askSize", ask_amount),
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);

static int32_t read_ticker(bourse_decoder *decoder, bourse__bybit_message *m) {
  m->rows = bourse_arena_alloc(decoder->arena, sizeof(bourse__bybit_ticker_row));
  if (m->rows == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "data", "memory is out");
  return bourse_decode_object(decoder, &ticker_table, m->rows);
}

static void emit_ticker(bourse_link *link, const bourse__bybit_message *m) {
  static const int32_t kinds[] = {BYBIT_TICKER, BYBIT_TICKERS, BYBIT_BIDS_ASKS, BYBIT_MARK_PRICE};
  bourse__bybit_ticker_row *row = m->rows;
  uint32_t flags = bourse_slice_is(m->type, "snapshot") ? BOURSE_STREAM_SNAPSHOT : 0;
  row->ticker.time_ns = m->time_ns;
  bourse__bybit_finish_ticker(link->product, row);
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    const bourse_channel *channel = bourse__bybit_channel(link, kinds[i]);
    if (channel == NULL || !bourse_slice_is(m->name.word, channel->name)) continue;
    /* A replay knows tickers, and mark prices where there are any. */
    if (link->lenient && i > 0 && (kinds[i] != BYBIT_MARK_PRICE || !PRESENT(row->ticker.mark_price))) continue;
    bourse_topic *topic = bourse_link_topic(link, channel, m->name.id, m->name.part);
    if (topic == NULL) continue;
    name_market(topic, &row->ticker.symbol, &row->ticker.id);
    bourse_emit(link, topic, BOURSE_KIND_TICKER, &row->ticker, 1, m->time_ns, flags);
  }
}

/* --- Trades and liquidations --- */

static const bourse_field trade_fields[] = {
    BOURSE_FIELD_MUST("T", TIME_MS, bourse_trade, time_ns),
    BOURSE_FIELD("s", CHECK, bourse_trade, symbol),
    BOURSE_FIELD_ENUM("S", bourse_trade, side, bourse__bybit_sides),
    BOURSE_FIELD_MUST("v", DECIMAL, bourse_trade, amount),
    BOURSE_FIELD_MUST("p", DECIMAL, bourse_trade, price),
    BOURSE_FIELD("L", CHECK, bourse_trade, symbol),
    BOURSE_FIELD("i", ID, bourse_trade, id),
    BOURSE_FIELD("BT", CHECK, bourse_trade, symbol),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

/* All rows of a message are of its topic's market. */
static void emit_trades(bourse_link *link, const bourse__bybit_message *m, int32_t kind) {
  bourse_topic *topic = topic_of(link, m, kind);
  bourse_trade *trades = m->rows;
  if (topic == NULL || m->count == 0) return;
  for (uint32_t i = 0; i < m->count; i++) {
    if (topic->market != NULL) trades[i].symbol = topic->market->symbol;
    /* What is told of a liquidation is the position, which the order closes. */
    if (kind == BYBIT_LIQUIDATIONS && trades[i].side != 0)
      trades[i].side = trades[i].side == BOURSE_SIDE_BUY ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
    bourse__bybit_finish_trade(link->product, topic->market, &trades[i]);
  }
  bourse_emit(link, topic, BOURSE_KIND_TRADE, trades, m->count, trades[m->count - 1].time_ns, 0);
}

/* --- Candles --- */

static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("start", TIME_MS, bourse_candle, time_ns),
    BOURSE_FIELD("end", TIME_MS, bourse_candle, close_time_ns),
    BOURSE_FIELD("interval", CHECK, bourse_candle, time_ns),
    BOURSE_FIELD_MUST("open", DECIMAL, bourse_candle, open),
    BOURSE_FIELD_MUST("close", DECIMAL, bourse_candle, close),
    BOURSE_FIELD_MUST("high", DECIMAL, bourse_candle, high),
    BOURSE_FIELD_MUST("low", DECIMAL, bourse_candle, low),
    BOURSE_FIELD("volume", DECIMAL, bourse_candle, volume),
    BOURSE_FIELD("turnover", DECIMAL, bourse_candle, quote_volume),
    BOURSE_FIELD("confirm", BOOL, bourse_candle, closed),
    BOURSE_FIELD("timestamp", CHECK, bourse_candle, time_ns),
};
static const bourse_table candle_table = BOURSE_TABLE(candle_fields);

static void emit_candles(bourse_link *link, const bourse__bybit_message *m) {
  bourse_topic *topic = topic_of(link, m, BYBIT_CANDLES);
  if (topic != NULL && m->count > 0) bourse_emit(link, topic, BOURSE_KIND_CANDLE, m->rows, m->count, m->time_ns, 0);
}

/* --- All of them --- */

static int32_t read_rows(bourse_decoder *decoder, bourse__bybit_message *m, const bourse_table *table, size_t size) {
  uint32_t room = bourse_decode_count(decoder);
  m->rows = bourse_arena_alloc(decoder->arena, room * size);
  if (m->rows == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "data", "memory is out");
  int32_t code = bourse_decode_array_begin(decoder, "data");
  while (code == BOURSE_OK && m->count < room && bourse_decode_array_next(decoder))
    code = bourse_decode_object(decoder, table, (char *)m->rows + size * m->count++);
  return code != BOURSE_OK ? code : decoder->error;
}

int32_t bourse__bybit_read_market(bourse_decoder *decoder, bourse__bybit_message *m) {
  switch (m->is) {
    case BYBIT_IS_BOOK: return read_book(decoder, m);
    case BYBIT_IS_TICKER: return read_ticker(decoder, m);
    case BYBIT_IS_CANDLES: return read_rows(decoder, m, &candle_table, sizeof(bourse_candle));
    default: return read_rows(decoder, m, &trade_table, sizeof(bourse_trade));
  }
}

int32_t bourse__bybit_emit_market(bourse_link *link, const bourse__bybit_message *m) {
  switch (m->is) {
    case BYBIT_IS_BOOK: return emit_book(link, m);
    case BYBIT_IS_TICKER: emit_ticker(link, m); break;
    case BYBIT_IS_CANDLES: emit_candles(link, m); break;
    default: emit_trades(link, m, m->is == BYBIT_IS_TRADES ? BYBIT_TRADES : BYBIT_LIQUIDATIONS); break;
  }
  return BOURSE_OK;
}
