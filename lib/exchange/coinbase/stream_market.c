/* exchange/coinbase/stream_market.c - tickers, trades, books and candles as they change. */
#include "exchange/coinbase/stream.h"

#include <string.h>

/* --- Rows --- */

typedef struct ticker_row {
  bourse_ticker record;
  bourse_slice id;
} ticker_row;

static const bourse_field ticker_fields[] = {
    BOURSE_FIELD("type", CHECK, ticker_row, record),
    BOURSE_FIELD_FULL("product_id", SLICE, ticker_row, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("price", DECIMAL, ticker_row, record.last),
    BOURSE_FIELD("volume_24_h", DECIMAL, ticker_row, record.base_volume),
    BOURSE_FIELD("low_24_h", DECIMAL, ticker_row, record.low),
    BOURSE_FIELD("high_24_h", DECIMAL, ticker_row, record.high),
    BOURSE_FIELD("low_52_w", CHECK, ticker_row, record),
    BOURSE_FIELD("high_52_w", CHECK, ticker_row, record),
    BOURSE_FIELD("price_percent_chg_24_h", DECIMAL, ticker_row, record.percent),
    BOURSE_FIELD("best_bid", DECIMAL, ticker_row, record.bid),
    BOURSE_FIELD("best_bid_quantity", DECIMAL, ticker_row, record.bid_amount),
    BOURSE_FIELD("best_ask", DECIMAL, ticker_row, record.ask),
    BOURSE_FIELD("best_ask_quantity", DECIMAL, ticker_row, record.ask_amount),
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);

/* Sides are those of the makers. */
static const bourse_name taker_sides[] = {{"BUY", BOURSE_SIDE_SELL}, {"SELL", BOURSE_SIDE_BUY}, {NULL, 0}};

typedef struct trade_row {
  bourse_trade record;
  bourse_slice id;
} trade_row;

static const bourse_field trade_fields[] = {
    BOURSE_FIELD_MUST("trade_id", ID, trade_row, record.id),
    BOURSE_FIELD_FULL("product_id", SLICE, trade_row, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("price", DECIMAL, trade_row, record.price),
    BOURSE_FIELD_MUST("size", DECIMAL, trade_row, record.amount),
    BOURSE_FIELD_ENUM("side", trade_row, record.side, taker_sides),
    BOURSE_FIELD_MUST("time", TIME_ISO, trade_row, record.time_ns),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

typedef struct candle_row {
  bourse_candle record;
  bourse_slice id;
} candle_row;

static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("start", TIME_S, candle_row, record.time_ns),
    BOURSE_FIELD_MUST("high", DECIMAL, candle_row, record.high),
    BOURSE_FIELD_MUST("low", DECIMAL, candle_row, record.low),
    BOURSE_FIELD_MUST("open", DECIMAL, candle_row, record.open),
    BOURSE_FIELD_MUST("close", DECIMAL, candle_row, record.close),
    BOURSE_FIELD_MUST("volume", DECIMAL, candle_row, record.volume),
    BOURSE_FIELD_FULL("product_id", SLICE, candle_row, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
};
static const bourse_table candle_table = BOURSE_TABLE(candle_fields);

/* --- Books: rows of one side or the other, mixed --- */

typedef struct book_row {
  bourse_slice id;
  bourse_slice type;
  bourse__coinbase_list sides[2]; /* bids, asks: bourse_level */
} book_row;

typedef struct level_row {
  bourse_level level;
  bourse_slice side;
} level_row;

static const bourse_field level_fields[] = {
    BOURSE_FIELD_FULL("side", SLICE, level_row, side, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("event_time", CHECK, level_row, level),
    BOURSE_FIELD_MUST("price_level", DECIMAL, level_row, level.price),
    BOURSE_FIELD_MUST("new_quantity", DECIMAL, level_row, level.amount),
};
static const bourse_table level_table = BOURSE_TABLE(level_fields);

static int32_t add_level(bourse_decoder *decoder, book_row *row, const level_row *one) {
  int32_t asks = bourse_slice_is(one->side, "offer");
  if (!asks && !bourse_slice_is(one->side, "bid"))
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "side", "neither bid nor offer");
  bourse__coinbase_list *side = &row->sides[asks];
  side->size = sizeof(bourse_level);
  bourse_level *level = bourse__coinbase_add_row(decoder, side);
  if (level == NULL) return BOURSE_ERROR_MEMORY;
  *level = one->level;
  return BOURSE_OK;
}

static int32_t read_updates(bourse_decoder *decoder, void *member) {
  book_row *row = (book_row *)(void *)((char *)member - offsetof(book_row, sides));
  int32_t code = bourse_decode_array_begin(decoder, "updates");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    level_row one;
    memset(&one, 0, sizeof one);
    code = bourse_decode_object(decoder, &level_table, &one);
    if (code == BOURSE_OK) code = add_level(decoder, row, &one);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field book_fields[] = {
    BOURSE_FIELD_FULL("type", SLICE, book_row, type, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_FULL("product_id", SLICE, book_row, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_FULL("updates", CUSTOM, book_row, sides, BOURSE_FIELD_REQUIRED, NULL, read_updates),
};
static const bourse_table book_table = BOURSE_TABLE(book_fields);

/* --- Events --- */

typedef struct kind {
  const char *list; /* of an event */
  const bourse_table *table;
  uint32_t size;
  uint32_t id_offset;
} kind;

static const kind kinds[] = {
    [IS_TICKER] = {"tickers", &ticker_table, sizeof(ticker_row), offsetof(ticker_row, id)},
    [IS_BOOK] = {NULL, &book_table, sizeof(book_row), offsetof(book_row, id)},
    [IS_TRADES] = {"trades", &trade_table, sizeof(trade_row), offsetof(trade_row, id)},
    [IS_CANDLES] = {"candles", &candle_table, sizeof(candle_row), offsetof(candle_row, id)},
};

static int32_t read_list(bourse_decoder *decoder, const kind *what, bourse__coinbase_list *rows) {
  int32_t code = bourse_decode_array_begin(decoder, what->list);
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    void *row = bourse__coinbase_add_row(decoder, rows);
    if (row == NULL) return BOURSE_ERROR_MEMORY;
    code = bourse_decode_object(decoder, what->table, row);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

/* {"type": ..., "trades": [...]}. A first state is told from a change by no more than its rows. */
static int32_t read_event(bourse_decoder *decoder, const kind *what, bourse__coinbase_list *rows) {
  bourse_json *json = &decoder->json;
  bourse_slice key;
  int32_t code = BOURSE_OK;
  if (bourse_json_kind(json) != BOURSE_JSON_OBJECT)
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "events", "not an object");
  if (bourse_json_object_begin(json))
    while (code == BOURSE_OK && decoder->error == BOURSE_OK && bourse_json_object_next(json, &key)) {
      if (bourse_slice_is(key, what->list))
        code = read_list(decoder, what, rows);
      else
        bourse_json_skip(json);
    }
  return code != BOURSE_OK ? code : decoder->error;
}

int32_t bourse__coinbase_read_events(bourse_decoder *decoder, int32_t is, bourse__coinbase_list *rows) {
  const kind *what = &kinds[is];
  rows->size = what->size;
  int32_t code = bourse_decode_array_begin(decoder, "events");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    if (what->list != NULL) {
      code = read_event(decoder, what, rows);
      continue;
    }
    void *row = bourse__coinbase_add_row(decoder, rows);
    if (row == NULL) return BOURSE_ERROR_MEMORY;
    code = bourse_decode_object(decoder, what->table, row);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

/* --- Handing on --- */

static int32_t same_slice(bourse_slice a, bourse_slice b) {
  return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static void emit_tickers(bourse_link *link, const ticker_row *row, int64_t time_ns) {
  uint32_t last = link->lenient ? COINBASE_TICKER : COINBASE_BIDS_ASKS;
  for (uint32_t c = COINBASE_TICKER; c <= last; c++) {
    uint32_t step = 0;
    for (bourse_topic *topic; (topic = bourse__coinbase_topic(link, c, row->id, &step)) != NULL;) {
      bourse_ticker ticker = row->record;
      const bourse_market *market = topic->market;
      ticker.time_ns = time_ns;
      if (market != NULL) {
        ticker.symbol = market->symbol;
        ticker.id = market->id;
        if (market->product == BOURSE_PRODUCT_LINEAR) ticker.contracts_volume = ticker.base_volume;
        bourse_from_contracts(market, &ticker.base_volume, &ticker.base_volume);
        bourse_from_contracts(market, &ticker.bid_amount, &ticker.bid_amount);
        bourse_from_contracts(market, &ticker.ask_amount, &ticker.ask_amount);
      } else {
        ticker.id = topic->id;
      }
      bourse_emit(link, topic, BOURSE_KIND_TICKER, &ticker, 1, time_ns, 0);
    }
  }
}

/* The oldest first, as elsewhere: a first state begins with the newest. */
static void order_trades(trade_row *rows, uint32_t count) {
  if (count < 2 || rows[0].record.time_ns <= rows[count - 1].record.time_ns) return;
  for (uint32_t i = 0; i < count / 2; i++) {
    trade_row one = rows[i];
    rows[i] = rows[count - 1 - i];
    rows[count - 1 - i] = one;
  }
}

static void emit_trades(bourse_link *link, trade_row *rows, uint32_t count) {
  uint32_t step = 0;
  order_trades(rows, count);
  bourse_trade *trades = bourse_arena_alloc(link->arena, count * sizeof *trades);
  if (trades == NULL) return;
  for (bourse_topic *topic; (topic = bourse__coinbase_topic(link, COINBASE_MARKET_TRADES, rows->id, &step)) != NULL;) {
    const bourse_market *market = topic->market;
    for (uint32_t i = 0; i < count; i++) {
      trades[i] = rows[i].record;
      trades[i].aggregated = BOURSE_NO;
      if (market != NULL) {
        trades[i].symbol = market->symbol;
        if (market->product == BOURSE_PRODUCT_LINEAR) trades[i].contracts = trades[i].amount;
        bourse_from_contracts(market, &trades[i].amount, &trades[i].amount);
      }
      bourse_decimal_mul(&trades[i].cost, &trades[i].price, &trades[i].amount);
    }
    bourse_emit(link, topic, BOURSE_KIND_TRADE, trades, count, trades[count - 1].time_ns, 0);
  }
}

/* Buckets of five minutes; the one in hand is told again and again, and a list may begin with it. */
static void emit_candles(bourse_link *link, candle_row *rows, uint32_t count, int64_t time_ns) {
  uint32_t step = 0;
  int32_t newest_first = rows[0].record.time_ns > rows[count - 1].record.time_ns;
  bourse_candle *candles = bourse_arena_alloc(link->arena, count * sizeof *candles);
  if (candles == NULL) return;
  for (bourse_topic *topic; (topic = bourse__coinbase_topic(link, COINBASE_CANDLES, rows->id, &step)) != NULL;) {
    for (uint32_t i = 0; i < count; i++) {
      candles[i] = rows[newest_first ? count - 1 - i : i].record;
      if (topic->market != NULL) bourse_from_contracts(topic->market, &candles[i].volume, &candles[i].volume);
      candles[i].close_time_ns = candles[i].time_ns + 5 * COINBASE_MINUTE - COINBASE_MILLISECOND;
      candles[i].closed = i + 1 < count ? BOURSE_YES : BOURSE_NO;
    }
    bourse_emit(link, topic, BOURSE_KIND_CANDLE, candles, count, time_ns, 0);
  }
}

static const bourse_level *levels_of(bourse_link *link, const bourse_market *market,
                                     const bourse__coinbase_list *side) {
  const bourse_level *from = (const bourse_level *)(const void *)side->items;
  if (market == NULL || market->product != BOURSE_PRODUCT_LINEAR || side->count == 0) return from;
  bourse_level *levels = bourse_arena_alloc(link->arena, side->count * sizeof *levels);
  for (uint32_t i = 0; levels != NULL && i < side->count; i++) {
    levels[i] = from[i];
    bourse_from_contracts(market, &levels[i].amount, &levels[i].amount);
  }
  return levels;
}

/* A message follows from the one before about the same book, as long as none of the connection is missing. */
static void emit_book(bourse_link *link, const book_row *row, int64_t time_ns, int64_t number) {
  uint32_t step = 0;
  int32_t snapshot = bourse_slice_is(row->type, "snapshot");
  for (bourse_topic *topic; (topic = bourse__coinbase_topic(link, COINBASE_BOOK, row->id, &step)) != NULL;) {
    bourse_book_update update = {.snapshot = snapshot,
                                 .bid_count = row->sides[0].count,
                                 .ask_count = row->sides[1].count,
                                 .time_ns = time_ns,
                                 .first = BOURSE_NO_SEQUENCE,
                                 .last = number < 0 ? BOURSE_NO_SEQUENCE : number,
                                 .previous = snapshot ? BOURSE_NO_SEQUENCE : topic->native,
                                 .bids = levels_of(link, topic->market, &row->sides[0]),
                                 .asks = levels_of(link, topic->market, &row->sides[1])};
    if ((update.bids == NULL && update.bid_count > 0) || (update.asks == NULL && update.ask_count > 0)) return;
    topic->native = update.last;
    bourse_emit_book(link, topic, &update);
  }
}

/* 1 when the event goes on with what the one before tells of the same book; it then has all of it. */
static int32_t goes_on(bourse_link *link, const book_row *before, book_row *row) {
  if (!same_slice(before->id, row->id) || bourse_slice_is(row->type, "snapshot")) return 0;
  for (int side = 0; side < 2; side++) {
    bourse__coinbase_list *later = &row->sides[side];
    const bourse__coinbase_list *earlier = &before->sides[side];
    uint32_t count = earlier->count + later->count;
    if (earlier->count == 0) continue;
    char *items = bourse_arena_alloc(link->arena, (size_t)count * sizeof(bourse_level));
    if (items == NULL) return 0;
    memcpy(items, earlier->items, (size_t)earlier->count * sizeof(bourse_level));
    if (later->count > 0)
      memcpy(items + (size_t)earlier->count * sizeof(bourse_level), later->items,
             (size_t)later->count * sizeof(bourse_level));
    *later = (bourse__coinbase_list){items, count, count, sizeof(bourse_level)};
  }
  row->type = before->type;
  return 1;
}

static void emit_books(bourse_link *link, const bourse__coinbase_list *rows, int64_t time_ns, int64_t number) {
  book_row *books = (book_row *)(void *)rows->items;
  for (uint32_t i = 0; i < rows->count; i++)
    if (i + 1 == rows->count || !goes_on(link, &books[i], &books[i + 1])) emit_book(link, &books[i], time_ns, number);
}

void bourse__coinbase_emit_events(bourse_link *link, int32_t is, bourse__coinbase_list *rows, int64_t time_ns,
                                  int64_t sequence) {
  if (is == IS_BOOK) {
    emit_books(link, rows, time_ns, sequence);
    return;
  }
  const kind *what = &kinds[is];
  for (uint32_t i = 0, end; i < rows->count; i = end) { /* runs of one market */
    bourse_slice id, other;
    char *row = rows->items + (size_t)i * rows->size;
    memcpy(&id, row + what->id_offset, sizeof id);
    for (end = i + 1; end < rows->count; end++) {
      memcpy(&other, rows->items + (size_t)end * rows->size + what->id_offset, sizeof other);
      if (!same_slice(id, other)) break;
    }
    if (is == IS_TICKER)
      for (uint32_t k = i; k < end; k++)
        emit_tickers(link, (const ticker_row *)(const void *)(rows->items + (size_t)k * rows->size), time_ns);
    if (is == IS_TRADES) emit_trades(link, (trade_row *)(void *)row, end - i);
    if (is == IS_CANDLES) emit_candles(link, (candle_row *)(void *)row, end - i, time_ns);
  }
}
