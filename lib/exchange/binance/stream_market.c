/* exchange/binance/stream_market.c - public messages: books, trades, tickers, candles, mark prices, liquidations. Fields
 * are in the order in which the exchange sends them. Books, trades and best prices come by the thousand a second: one
 * pass over the bytes, a single record, no memory but the link's arena. */
#include <string.h>

#include "exchange/binance/stream.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

static const bourse_slice none = {"", 0};

/* All-market streams bring USD-M (1) and COIN-M (2) on either host; other messages may do without. */
static int32_t is_other_product(const bourse_link *link, int64_t st) {
  return st != 0 && st != (link->product == BOURSE_PRODUCT_INVERSE ? 2 : 1);
}

/* Symbol and id of a record of this topic, or, where a topic is of all markets, of the market that the message names. */
static int32_t set_names(bourse__binance_event *event, const bourse_topic *topic, bourse_slice id, const char **symbol,
                         const char **market_id) {
  if (*topic->id != '\0') {
    *symbol = topic->market == NULL ? NULL : topic->market->symbol;
    *market_id = topic->id;
    return BOURSE_OK;
  }
  const bourse_market *market = bourse_link_market(event->link, event->link->product, id);
  if (market != NULL) {
    *symbol = market->symbol;
    *market_id = market->id;
    return BOURSE_OK;
  }
  *market_id = bourse_arena_copy(event->link->arena, id.data, id.length);
  return *market_id != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* --- Books --- */

typedef struct depth_event {
  bourse_slice type;
  bourse_slice id;
  int64_t event_ns;
  int64_t time_ns;
  int64_t first;
  int64_t last;
  int64_t previous;
  bourse_level_list bids;
  bourse_level_list asks;
} depth_event;

static int32_t read_side(bourse_decoder *decoder, void *member) {
  bourse_level_list *side = member;
  return bourse_decode_levels(decoder, &side->levels, &side->count);
}

/* Spot has neither T nor pu. */
static const bourse_field depth_fields[] = {
    BOURSE_FIELD("e", SLICE, depth_event, type),
    BOURSE_FIELD("E", TIME_MS, depth_event, event_ns),
    BOURSE_FIELD("T", TIME_MS, depth_event, time_ns),
    BOURSE_FIELD_FULL("s", SLICE, depth_event, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("U", INT64, depth_event, first),
    BOURSE_FIELD_MUST("u", INT64, depth_event, last),
    BOURSE_FIELD("pu", INT64, depth_event, previous),
    BOURSE_FIELD_CUSTOM("b", depth_event, bids, read_side),
    BOURSE_FIELD_CUSTOM("a", depth_event, asks, read_side),
};
static const bourse_table depth_table = BOURSE_TABLE(depth_fields);

static const bourse_flat depth_flat = {
    .required = BOURSE_LETTER_BIT('s') | BOURSE_LETTER_BIT('U') | BOURSE_LETTER_BIT('u'),
    .pair = {'p', 'u'},
    .of_pair = {BOURSE_AS_INT64, 0, offsetof(depth_event, previous)},
    .letters = {BOURSE_LETTER('E', TIME_MS, depth_event, event_ns), BOURSE_LETTER('T', TIME_MS, depth_event, time_ns),
                BOURSE_LETTER('s', SLICE, depth_event, id), BOURSE_LETTER('U', INT64, depth_event, first),
                BOURSE_LETTER('u', INT64, depth_event, last), BOURSE_LETTER('b', LEVELS, depth_event, bids),
                BOURSE_LETTER('a', LEVELS, depth_event, asks)},
};

/* 1 when the stream is one of differences; "@depth5" and "@rpiDepth" look the same and are not. */
static int32_t is_difference(bourse_slice stream) {
  static const char word[] = "@depth";
  if (stream.length == 0) return 1;
  const char *at = memchr(stream.data, '@', stream.length);
  size_t left = at == NULL ? 0 : (size_t)(stream.data + stream.length - at);
  if (left < sizeof word - 1 || memcmp(at, word, sizeof word - 1) != 0) return 0;
  return left == sizeof word - 1 || at[sizeof word - 1] == '@';
}

static int32_t read_depth(bourse__binance_event *event) {
  depth_event wire;
  memset(&wire, 0, sizeof wire);
  wire.previous = BOURSE_NO_SEQUENCE;
  if (!bourse_decode_flat(&event->decoder, &depth_flat, &wire)) {
    memset(&wire, 0, sizeof wire);
    wire.previous = BOURSE_NO_SEQUENCE;
    bourse_decode_object(&event->decoder, &depth_table, &wire);
  }
  int32_t code = bourse__binance_end(event);
  if (code != BOURSE_OK || !is_difference(event->stream)) return code;
  bourse_topic *topic = bourse__binance_topic(event->link, BINANCE_BOOK, wire.id, none);
  if (topic == NULL) return BOURSE_OK;
  const bourse_book_update update = {.bid_count = wire.bids.count,
                                     .ask_count = wire.asks.count,
                                     .time_ns = wire.time_ns != 0 ? wire.time_ns : wire.event_ns,
                                     .first = wire.first,
                                     .last = wire.last,
                                     .previous = wire.previous,
                                     .bids = wire.bids.levels,
                                     .asks = wire.asks.levels};
  bourse_emit_book(event->link, topic, &update);
  return BOURSE_OK;
}

/* --- Best prices --- */

typedef struct best_event {
  bourse_ticker ticker;
  bourse_slice type;
  bourse_slice id;
  int64_t event_ns;
  int64_t st;
} best_event;

/* Spot has neither a type nor times. */
static const bourse_field best_fields[] = {
    BOURSE_FIELD("e", SLICE, best_event, type),
    BOURSE_FIELD_MUST("u", INT64, best_event, ticker.update_id),
    BOURSE_FIELD_FULL("s", SLICE, best_event, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("b", DECIMAL, best_event, ticker.bid),
    BOURSE_FIELD("B", DECIMAL, best_event, ticker.bid_amount),
    BOURSE_FIELD("a", DECIMAL, best_event, ticker.ask),
    BOURSE_FIELD("A", DECIMAL, best_event, ticker.ask_amount),
    BOURSE_FIELD("T", TIME_MS, best_event, ticker.time_ns),
    BOURSE_FIELD("E", TIME_MS, best_event, event_ns),
    BOURSE_FIELD("st", INT64, best_event, st),
};
static const bourse_table best_table = BOURSE_TABLE(best_fields);

static const bourse_flat best_flat = {
    .required = BOURSE_LETTER_BIT('s') | BOURSE_LETTER_BIT('u'),
    .letters = {BOURSE_LETTER('u', INT64, best_event, ticker.update_id), BOURSE_LETTER('s', SLICE, best_event, id),
                BOURSE_LETTER('b', DECIMAL, best_event, ticker.bid),
                BOURSE_LETTER('B', DECIMAL, best_event, ticker.bid_amount),
                BOURSE_LETTER('a', DECIMAL, best_event, ticker.ask),
                BOURSE_LETTER('A', DECIMAL, best_event, ticker.ask_amount),
                BOURSE_LETTER('T', TIME_MS, best_event, ticker.time_ns),
                BOURSE_LETTER('E', TIME_MS, best_event, event_ns)},
    .pair = {'s', 't'},
    .of_pair = {BOURSE_AS_INT64, 0, offsetof(best_event, st)},
};

static int32_t is_all(const bourse__binance_event *event) {
  return event->stream.length > 0 && event->stream.data[0] == '!';
}

static int32_t read_best(bourse__binance_event *event) {
  best_event wire;
  memset(&wire, 0, sizeof wire);
  if (!bourse_decode_flat(&event->decoder, &best_flat, &wire)) {
    memset(&wire, 0, sizeof wire);
    bourse_decode_object(&event->decoder, &best_table, &wire);
  }
  int32_t code = bourse__binance_end(event), all = is_all(event);
  if (code != BOURSE_OK || (all && is_other_product(event->link, wire.st))) return code;
  bourse_topic *topic =
      bourse__binance_topic(event->link, all ? BINANCE_ALL_BEST : BINANCE_BEST, all ? none : wire.id, none);
  if (topic == NULL) return BOURSE_OK;
  if (wire.ticker.time_ns == 0) wire.ticker.time_ns = wire.event_ns;
  code = set_names(event, topic, wire.id, &wire.ticker.symbol, &wire.ticker.id);
  if (code != BOURSE_OK) return code;
  bourse_emit(event->link, topic, BOURSE_KIND_TICKER, &wire.ticker, 1, wire.ticker.time_ns, 0);
  return BOURSE_OK;
}

/* --- Trades --- */

typedef struct trade_event {
  bourse_trade trade;
  bourse_slice type;
  bourse_slice id;
  int64_t event_ns;
  int32_t buyer_is_maker; /* unset: neither true nor false was said, the side is not known */
} trade_event;

static int32_t read_flag(bourse_decoder *decoder, void *member) {
  int32_t kind = bourse_json_kind(&decoder->json), flag = kind == BOURSE_JSON_TRUE    ? BOURSE_YES
                                                          : kind == BOURSE_JSON_FALSE ? BOURSE_NO
                                                                                      : BOURSE_UNSET;
  memcpy(member, &flag, sizeof flag);
  bourse_json_skip(&decoder->json);
  return BOURSE_OK;
}

/* "a" and "b", the orders of both sides, are no more sent. */
static const bourse_field trade_fields[] = {
    BOURSE_FIELD("e", SLICE, trade_event, type),
    BOURSE_FIELD("E", TIME_MS, trade_event, event_ns),
    BOURSE_FIELD_FULL("s", SLICE, trade_event, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("t", ID, trade_event, trade.id),
    BOURSE_FIELD_MUST("p", DECIMAL, trade_event, trade.price),
    BOURSE_FIELD_MUST("q", DECIMAL, trade_event, trade.amount),
    BOURSE_FIELD("T", TIME_MS, trade_event, trade.time_ns),
    BOURSE_FIELD_CUSTOM("m", trade_event, buyer_is_maker, read_flag),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

static const bourse_field aggregate_fields[] = {
    BOURSE_FIELD("e", SLICE, trade_event, type),
    BOURSE_FIELD("E", TIME_MS, trade_event, event_ns),
    BOURSE_FIELD_FULL("s", SLICE, trade_event, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("a", ID, trade_event, trade.id),
    BOURSE_FIELD_MUST("p", DECIMAL, trade_event, trade.price),
    BOURSE_FIELD_MUST("q", DECIMAL, trade_event, trade.amount),
    BOURSE_FIELD("f", ID, trade_event, trade.first_id),
    BOURSE_FIELD("l", ID, trade_event, trade.last_id),
    BOURSE_FIELD("T", TIME_MS, trade_event, trade.time_ns),
    BOURSE_FIELD_CUSTOM("m", trade_event, buyer_is_maker, read_flag),
};
static const bourse_table aggregate_table = BOURSE_TABLE(aggregate_fields);

#define TRADE_LETTERS                                                                                                \
  BOURSE_LETTER('E', TIME_MS, trade_event, event_ns), BOURSE_LETTER('s', SLICE, trade_event, id),                    \
      BOURSE_LETTER('p', DECIMAL, trade_event, trade.price), BOURSE_LETTER('q', DECIMAL, trade_event, trade.amount), \
      BOURSE_LETTER('T', TIME_MS, trade_event, trade.time_ns), BOURSE_LETTER('m', BOOL, trade_event, buyer_is_maker)
#define TRADE_BITS (BOURSE_LETTER_BIT('s') | BOURSE_LETTER_BIT('p') | BOURSE_LETTER_BIT('q'))

static const bourse_flat trade_flat = {
    .required = TRADE_BITS | BOURSE_LETTER_BIT('t'),
    .letters = {TRADE_LETTERS, BOURSE_LETTER('t', ID, trade_event, trade.id)},
};
static const bourse_flat aggregate_flat = {
    .required = TRADE_BITS | BOURSE_LETTER_BIT('a'),
    .letters = {TRADE_LETTERS, BOURSE_LETTER('a', ID, trade_event, trade.id),
                BOURSE_LETTER('f', ID, trade_event, trade.first_id),
                BOURSE_LETTER('l', ID, trade_event, trade.last_id)},
};

/* On COIN-M quantities are contracts, each of so many quote units. */
static void finish_trade(const bourse_link *link, const bourse_market *market, bourse_trade *trade) {
  if (link->product != BOURSE_PRODUCT_SPOT) trade->contracts = trade->amount;
  if (link->product != BOURSE_PRODUCT_INVERSE)
    bourse_decimal_mul(&trade->cost, &trade->price, &trade->amount);
  else if (market != NULL)
    bourse_decimal_mul(&trade->cost, &trade->contracts, &market->contract_size);
}

static int32_t read_trade(bourse__binance_event *event, int32_t feed) {
  trade_event wire;
  bourse_trade *trade = &wire.trade;
  memset(&wire, 0, sizeof wire);
  if (!bourse_decode_flat(&event->decoder, feed == BINANCE_TRADE ? &trade_flat : &aggregate_flat, &wire)) {
    memset(&wire, 0, sizeof wire);
    bourse_decode_object(&event->decoder, feed == BINANCE_TRADE ? &trade_table : &aggregate_table, &wire);
  }
  int32_t code = bourse__binance_end(event);
  if (code != BOURSE_OK) return code;
  bourse_topic *topic = bourse__binance_topic(event->link, feed, wire.id, none);
  if (topic == NULL) return BOURSE_OK;
  trade->symbol = topic->market == NULL ? NULL : topic->market->symbol;
  trade->aggregated = feed == BINANCE_AGGREGATE ? BOURSE_YES : BOURSE_NO;
  if (trade->time_ns == 0) trade->time_ns = wire.event_ns;
  if (wire.buyer_is_maker != 0) trade->side = wire.buyer_is_maker > 0 ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  finish_trade(event->link, topic->market, trade);
  bourse_emit(event->link, topic, BOURSE_KIND_TRADE, trade, 1, trade->time_ns, 0);
  return BOURSE_OK;
}

/* --- Tickers and mark prices --- */

typedef struct ticker_event {
  bourse_ticker ticker;
  bourse_slice type;
  bourse_slice id;
  bourse_decimal volume;       /* contracts on COIN-M */
  bourse_decimal quote_volume; /* base units on COIN-M */
  int64_t st;
} ticker_event;

/* 24hrTicker, and 24hrMiniTicker, which has fewer. */
static const bourse_field ticker_fields[] = {
    BOURSE_FIELD("e", SLICE, ticker_event, type),
    BOURSE_FIELD("E", TIME_MS, ticker_event, ticker.time_ns),
    BOURSE_FIELD_FULL("s", SLICE, ticker_event, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("p", DECIMAL, ticker_event, ticker.change),
    BOURSE_FIELD("P", DECIMAL, ticker_event, ticker.percent),
    BOURSE_FIELD("w", DECIMAL, ticker_event, ticker.vwap),
    BOURSE_FIELD("x", DECIMAL, ticker_event, ticker.previous_close),
    BOURSE_FIELD_MUST("c", DECIMAL, ticker_event, ticker.last),
    BOURSE_FIELD("Q", DECIMAL, ticker_event, ticker.last_amount),
    BOURSE_FIELD("b", DECIMAL, ticker_event, ticker.bid),
    BOURSE_FIELD("B", DECIMAL, ticker_event, ticker.bid_amount),
    BOURSE_FIELD("a", DECIMAL, ticker_event, ticker.ask),
    BOURSE_FIELD("A", DECIMAL, ticker_event, ticker.ask_amount),
    BOURSE_FIELD("o", DECIMAL, ticker_event, ticker.open),
    BOURSE_FIELD("h", DECIMAL, ticker_event, ticker.high),
    BOURSE_FIELD("l", DECIMAL, ticker_event, ticker.low),
    BOURSE_FIELD("v", DECIMAL, ticker_event, volume),
    BOURSE_FIELD("q", DECIMAL, ticker_event, quote_volume),
    BOURSE_FIELD("O", TIME_MS, ticker_event, ticker.open_time_ns),
    BOURSE_FIELD("n", INT64, ticker_event, ticker.trade_count),
    BOURSE_FIELD("st", INT64, ticker_event, st),
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);

#define TICKER(letter_, member_) BOURSE_LETTER(letter_, DECIMAL, ticker_event, member_)
static const bourse_flat ticker_flat = {
    .required = BOURSE_LETTER_BIT('s') | BOURSE_LETTER_BIT('c'),
    .letters = {BOURSE_LETTER('E', TIME_MS, ticker_event, ticker.time_ns), BOURSE_LETTER('s', SLICE, ticker_event, id),
                TICKER('p', ticker.change), TICKER('P', ticker.percent), TICKER('w', ticker.vwap),
                TICKER('x', ticker.previous_close), TICKER('c', ticker.last), TICKER('Q', ticker.last_amount),
                TICKER('b', ticker.bid), TICKER('B', ticker.bid_amount), TICKER('a', ticker.ask),
                TICKER('A', ticker.ask_amount), TICKER('o', ticker.open), TICKER('h', ticker.high),
                TICKER('l', ticker.low), TICKER('v', volume), TICKER('q', quote_volume),
                BOURSE_LETTER('O', TIME_MS, ticker_event, ticker.open_time_ns),
                BOURSE_LETTER('n', INT64, ticker_event, ticker.trade_count)},
    .pair = {'s', 't'},
    .of_pair = {BOURSE_AS_INT64, 0, offsetof(ticker_event, st)},
};

static const bourse_field mark_fields[] = {
    BOURSE_FIELD("e", SLICE, ticker_event, type),
    BOURSE_FIELD("E", TIME_MS, ticker_event, ticker.time_ns),
    BOURSE_FIELD_FULL("s", SLICE, ticker_event, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("p", DECIMAL, ticker_event, ticker.mark_price),
    BOURSE_FIELD("i", DECIMAL, ticker_event, ticker.index_price),
    BOURSE_FIELD("st", INT64, ticker_event, st),
};
static const bourse_table mark_table = BOURSE_TABLE(mark_fields);

static const bourse_flat mark_flat = {
    .required = BOURSE_LETTER_BIT('s') | BOURSE_LETTER_BIT('p'),
    .letters = {BOURSE_LETTER('E', TIME_MS, ticker_event, ticker.time_ns), BOURSE_LETTER('s', SLICE, ticker_event, id),
                TICKER('p', ticker.mark_price), TICKER('i', ticker.index_price)},
    .pair = {'s', 't'},
    .of_pair = {BOURSE_AS_INT64, 0, offsetof(ticker_event, st)},
};

static int32_t decode_ticker(bourse_decoder *decoder, int32_t is_mark, ticker_event *wire) {
  memset(wire, 0, sizeof *wire);
  if (bourse_decode_flat(decoder, is_mark ? &mark_flat : &ticker_flat, wire)) return BOURSE_OK;
  memset(wire, 0, sizeof *wire);
  return bourse_decode_object(decoder, is_mark ? &mark_table : &ticker_table, wire);
}

static void finish_ticker(const bourse_link *link, ticker_event *wire) {
  if (link->product == BOURSE_PRODUCT_INVERSE) {
    wire->ticker.contracts_volume = wire->volume;
    wire->ticker.base_volume = wire->quote_volume;
  } else {
    wire->ticker.base_volume = wire->volume;
    wire->ticker.quote_volume = wire->quote_volume;
  }
}

static int32_t read_ticker(bourse__binance_event *event, int32_t feed) {
  ticker_event wire;
  decode_ticker(&event->decoder, feed != BINANCE_TICKER, &wire);
  int32_t code = bourse__binance_end(event);
  if (code != BOURSE_OK) return code;
  bourse_topic *topic = bourse__binance_topic(event->link, feed, wire.id, none);
  if (topic == NULL) return BOURSE_OK;
  finish_ticker(event->link, &wire);
  code = set_names(event, topic, wire.id, &wire.ticker.symbol, &wire.ticker.id);
  if (code != BOURSE_OK) return code;
  bourse_emit(event->link, topic, BOURSE_KIND_TICKER, &wire.ticker, 1, wire.ticker.time_ns, 0);
  return BOURSE_OK;
}

#define BATCH 64 /* records handed over at once */

/* Tickers or mark prices of all markets. Which of them, the first tells. */
typedef struct ticker_batch {
  bourse_topic *topic;
  bourse_ticker *items;
  uint32_t count;
} ticker_batch;

static void flush(bourse_link *link, ticker_batch *batch) {
  if (batch->count > 0)
    bourse_emit(link, batch->topic, BOURSE_KIND_TICKER, batch->items, batch->count, batch->items[0].time_ns, 0);
  batch->count = 0;
}

typedef struct typed {
  bourse_slice type;
} typed;
static const bourse_field typed_fields[] = {
    BOURSE_FIELD_FULL("e", SLICE, typed, type, BOURSE_FIELD_REQUIRED, NULL, NULL)};
static const bourse_table typed_table = BOURSE_TABLE(typed_fields);

/* Feed of an array's events by its first one; -1: none that we have. */
static int32_t feed_of_array(bourse_decoder decoder) {
  typed first = {none};
  bourse_decode_object(&decoder, &typed_table, &first);
  if (bourse_slice_is(first.type, "24hrTicker") || bourse_slice_is(first.type, "24hrMiniTicker"))
    return BINANCE_ALL_TICKERS;
  return bourse_slice_is(first.type, "markPriceUpdate") ? BINANCE_ALL_MARK_PRICES : -1;
}

static int32_t read_into(bourse__binance_event *event, int32_t is_mark, ticker_batch *batch) {
  ticker_event wire;
  int32_t code = decode_ticker(&event->decoder, is_mark, &wire);
  if (code != BOURSE_OK || is_other_product(event->link, wire.st)) return code;
  finish_ticker(event->link, &wire);
  code = set_names(event, batch->topic, wire.id, &wire.ticker.symbol, &wire.ticker.id);
  if (code != BOURSE_OK) return bourse_decode_fail(&event->decoder, code, "s", "memory is out");
  batch->items[batch->count++] = wire.ticker;
  if (batch->count == BATCH) flush(event->link, batch);
  return BOURSE_OK;
}

int32_t bourse__binance_market_events(bourse__binance_event *event) {
  bourse_decoder *decoder = &event->decoder;
  ticker_batch batch = {NULL, NULL, 0};
  int32_t feed = -1, code = bourse_decode_array_begin(decoder, "events");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    if (feed < 0) {
      feed = feed_of_array(*decoder);
      if (feed >= 0) batch.topic = bourse__binance_topic(event->link, feed, none, none);
      if (batch.topic != NULL) batch.items = bourse_arena_alloc(event->link->arena, BATCH * sizeof *batch.items);
      if (batch.topic != NULL && batch.items == NULL) return BOURSE_ERROR_MEMORY;
    }
    if (batch.topic == NULL)
      bourse_json_skip(&decoder->json);
    else
      code = read_into(event, feed != BINANCE_ALL_TICKERS, &batch);
  }
  code = bourse__binance_end(event);
  if (code == BOURSE_OK) flush(event->link, &batch);
  return code;
}

/* --- Candles --- */

typedef struct candle_event {
  bourse_candle candle;
  bourse_slice type;
  bourse_slice id;
  bourse_slice interval;
  int64_t event_ns;
} candle_event;

static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("t", TIME_MS, candle_event, candle.time_ns),
    BOURSE_FIELD("T", TIME_MS, candle_event, candle.close_time_ns),
    BOURSE_FIELD_FULL("i", SLICE, candle_event, interval, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("o", DECIMAL, candle_event, candle.open),
    BOURSE_FIELD_MUST("c", DECIMAL, candle_event, candle.close),
    BOURSE_FIELD_MUST("h", DECIMAL, candle_event, candle.high),
    BOURSE_FIELD_MUST("l", DECIMAL, candle_event, candle.low),
    BOURSE_FIELD("v", DECIMAL, candle_event, candle.volume),
    BOURSE_FIELD("n", INT64, candle_event, candle.trade_count),
    BOURSE_FIELD("x", BOOL, candle_event, candle.closed),
    BOURSE_FIELD("q", DECIMAL, candle_event, candle.quote_volume),
    BOURSE_FIELD("V", DECIMAL, candle_event, candle.taker_volume),
    BOURSE_FIELD("Q", DECIMAL, candle_event, candle.taker_quote_volume),
};
static const bourse_table candle_table = BOURSE_TABLE(candle_fields);

#define CANDLE(letter_, member_) BOURSE_LETTER(letter_, DECIMAL, candle_event, candle.member_)
static const bourse_flat candle_flat = {
    .required = BOURSE_LETTER_BIT('t') | BOURSE_LETTER_BIT('i') | BOURSE_LETTER_BIT('o') | BOURSE_LETTER_BIT('c') |
                BOURSE_LETTER_BIT('h') | BOURSE_LETTER_BIT('l'),
    .letters = {BOURSE_LETTER('t', TIME_MS, candle_event, candle.time_ns),
                BOURSE_LETTER('T', TIME_MS, candle_event, candle.close_time_ns),
                BOURSE_LETTER('i', SLICE, candle_event, interval), CANDLE('o', open), CANDLE('c', close),
                CANDLE('h', high), CANDLE('l', low), CANDLE('v', volume), CANDLE('q', quote_volume),
                CANDLE('V', taker_volume), CANDLE('Q', taker_quote_volume),
                BOURSE_LETTER('n', INT64, candle_event, candle.trade_count),
                BOURSE_LETTER('x', BOOL, candle_event, candle.closed)},
};

static int32_t read_candle_fields(bourse_decoder *decoder, void *member) {
  candle_event *wire = member;
  if (bourse_decode_flat(decoder, &candle_flat, wire)) return BOURSE_OK;
  memset(&wire->candle, 0, sizeof wire->candle);
  wire->interval = (bourse_slice){NULL, 0};
  return bourse_decode_object(decoder, &candle_table, member);
}

static const bourse_field kline_fields[] = {
    BOURSE_FIELD("e", SLICE, candle_event, type),
    BOURSE_FIELD("E", TIME_MS, candle_event, event_ns),
    BOURSE_FIELD_FULL("s", SLICE, candle_event, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_FULL("k", CUSTOM, candle_event, candle, BOURSE_FIELD_REQUIRED, NULL, read_candle_fields),
};
static const bourse_table kline_table = BOURSE_TABLE(kline_fields);
_Static_assert(offsetof(candle_event, candle) == 0, "the fields of k are of the whole");

static int32_t read_candle(bourse__binance_event *event) {
  candle_event wire;
  memset(&wire, 0, sizeof wire);
  bourse_decode_object(&event->decoder, &kline_table, &wire);
  int32_t code = bourse__binance_end(event);
  if (code != BOURSE_OK) return code;
  bourse_topic *topic = bourse__binance_topic(event->link, BINANCE_CANDLE, wire.id, wire.interval);
  if (topic != NULL) bourse_emit(event->link, topic, BOURSE_KIND_CANDLE, &wire.candle, 1, wire.event_ns, 0);
  return BOURSE_OK;
}

/* --- Liquidations --- */

typedef struct liquidation_event {
  bourse_trade trade;
  bourse_slice type;
  bourse_slice id;
  bourse_decimal price;
  bourse_decimal average;
  bourse_decimal amount;
  bourse_decimal filled;
  int64_t event_ns;
  int32_t st;
} liquidation_event;

static const bourse_field liquidation_fields[] = {
    BOURSE_FIELD_FULL("s", SLICE, liquidation_event, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_ENUM("S", liquidation_event, trade.side, bourse__binance_sides),
    BOURSE_FIELD_MUST("q", DECIMAL, liquidation_event, amount),
    BOURSE_FIELD_MUST("p", DECIMAL, liquidation_event, price),
    BOURSE_FIELD_CUSTOM("ap", liquidation_event, average, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("z", liquidation_event, filled, bourse_decode_nonzero),
    BOURSE_FIELD("T", TIME_MS, liquidation_event, trade.time_ns),
};
static const bourse_table liquidation_table = BOURSE_TABLE(liquidation_fields);

static int32_t read_liquidation_fields(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &liquidation_table, member);
}

static const bourse_field forced_fields[] = {
    BOURSE_FIELD("e", SLICE, liquidation_event, type),
    BOURSE_FIELD("E", TIME_MS, liquidation_event, event_ns),
    BOURSE_FIELD_FULL("o", CUSTOM, liquidation_event, trade, BOURSE_FIELD_REQUIRED, NULL, read_liquidation_fields),
    BOURSE_FIELD("st", INT32, liquidation_event, st),
};
static const bourse_table forced_table = BOURSE_TABLE(forced_fields);
_Static_assert(offsetof(liquidation_event, trade) == 0, "the fields of o are of the whole");

/* The order that closes a position takes. Where some of it was filled, that is what was traded. */
static int32_t read_liquidation(bourse__binance_event *event) {
  liquidation_event wire;
  const char *id = NULL;
  memset(&wire, 0, sizeof wire);
  bourse_decode_object(&event->decoder, &forced_table, &wire);
  int32_t code = bourse__binance_end(event), all = is_all(event);
  if (code != BOURSE_OK || (all && is_other_product(event->link, wire.st))) return code;
  bourse_topic *topic = bourse__binance_topic(event->link, all ? BINANCE_ALL_LIQUIDATIONS : BINANCE_LIQUIDATION,
                                              all ? none : wire.id, none);
  if (topic == NULL) return BOURSE_OK;
  code = set_names(event, topic, wire.id, &wire.trade.symbol, &id);
  if (code != BOURSE_OK) return code;
  const bourse_market *market = topic->market;
  if (market == NULL) market = bourse_link_market(event->link, event->link->product, wire.id);
  wire.trade.price = PRESENT(wire.average) ? wire.average : wire.price;
  wire.trade.amount = PRESENT(wire.filled) ? wire.filled : wire.amount;
  wire.trade.aggregated = BOURSE_NO;
  finish_trade(event->link, market, &wire.trade);
  bourse_emit(event->link, topic, BOURSE_KIND_TRADE, &wire.trade, 1, wire.event_ns, 0);
  return BOURSE_OK;
}

/* --- Which of them --- */

static int32_t is(bourse_slice type, const char *name, size_t length) {
  return type.length == length && memcmp(type.data, name, length) == 0;
}
#define IS(name_) is(event->type, name_, sizeof(name_) - 1)

/* The most frequent first. */
int32_t bourse__binance_market_event(bourse__binance_event *event, int32_t *code) {
  if (IS("bookTicker"))
    *code = read_best(event);
  else if (IS("depthUpdate"))
    *code = read_depth(event);
  else if (IS("trade"))
    *code = read_trade(event, BINANCE_TRADE);
  else if (IS("aggTrade"))
    *code = read_trade(event, BINANCE_AGGREGATE);
  else if (IS("24hrTicker") || IS("24hrMiniTicker"))
    *code = read_ticker(event, BINANCE_TICKER);
  else if (IS("markPriceUpdate"))
    *code = read_ticker(event, BINANCE_MARK_PRICE);
  else if (IS("kline"))
    *code = read_candle(event);
  else if (IS("forceOrder"))
    *code = read_liquidation(event);
  else
    return 0;
  return 1;
}
