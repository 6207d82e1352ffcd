/* exchange/kucoin/stream_market.c - public messages: tickers, books, trades, candles, mark prices. */
#include <string.h>

#include "exchange/kucoin/stream.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

static const bourse_channel *const channels = bourse__kucoin_channels;
static const bourse_slice none = {"", 0};

/* The ticker to those who watch this channel, and to those who watch the next one, which is the same subscription. */
static void emit_ticker(bourse_link *link, uint32_t channel, bourse_slice topic_id, bourse_slice id,
                        bourse_ticker *ticker) {
  for (uint32_t c = channel; c < channel + 2; c++) {
    if (c != channel && (link->lenient || channels[c].group == 0 || channels[c].group != channels[channel].group))
      break;
    bourse_topic *topic = bourse_link_topic(link, &channels[c], topic_id, none);
    if (topic == NULL) continue;
    bourse__kucoin_name_market(link, topic, id, &ticker->symbol, &ticker->id);
    bourse_emit(link, topic, BOURSE_KIND_TICKER, ticker, 1, ticker->time_ns, 0);
  }
}

/* --- Spot: the day's numbers --- */

typedef struct snapshot {
  bourse_ticker ticker;
  bourse_slice id;
  bourse_decimal ratio;
} snapshot;

static const bourse_field snapshot_fields[] = {
    BOURSE_FIELD("averagePrice", DECIMAL, snapshot, ticker.vwap),
    BOURSE_FIELD("askSize", DECIMAL, snapshot, ticker.ask_amount),
    BOURSE_FIELD("bidSize", DECIMAL, snapshot, ticker.bid_amount),
    BOURSE_FIELD("buy", DECIMAL, snapshot, ticker.bid),
    BOURSE_FIELD("changePrice", DECIMAL, snapshot, ticker.change),
    BOURSE_FIELD("changeRate", DECIMAL, snapshot, ratio),
    KUCOIN_TIME("datetime", snapshot, ticker.time_ns),
    BOURSE_FIELD("high", DECIMAL, snapshot, ticker.high),
    BOURSE_FIELD("lastTradedPrice", DECIMAL, snapshot, ticker.last),
    BOURSE_FIELD("low", DECIMAL, snapshot, ticker.low),
    BOURSE_FIELD("open", DECIMAL, snapshot, ticker.open),
    BOURSE_FIELD("sell", DECIMAL, snapshot, ticker.ask),
    BOURSE_FIELD_FULL("symbol", SLICE, snapshot, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("vol", DECIMAL, snapshot, ticker.base_volume),
    BOURSE_FIELD("volValue", DECIMAL, snapshot, ticker.quote_volume),
};
static const bourse_table snapshot_table = BOURSE_TABLE(snapshot_fields);

typedef struct snapshot_data {
  bourse_slice sequence;
  snapshot *rows;
  uint32_t count;
  uint32_t reserved;
} snapshot_data;

/* One market, or a list of them. */
static int32_t read_snapshots(bourse_decoder *decoder, void *member) {
  snapshot_data *data = (snapshot_data *)(void *)((char *)member - offsetof(snapshot_data, rows));
  int32_t is_list = bourse_json_kind(&decoder->json) == BOURSE_JSON_ARRAY;
  uint32_t room = is_list ? bourse_decode_count(decoder) : 1;
  data->rows = bourse_arena_alloc(decoder->arena, room * sizeof *data->rows);
  if (data->rows == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "data", "memory is out");
  if (!is_list) return bourse_decode_object(decoder, &snapshot_table, &data->rows[data->count++]);
  int32_t code = bourse_decode_array_begin(decoder, "data");
  while (code == BOURSE_OK && data->count < room && bourse_decode_array_next(decoder))
    code = bourse_decode_object(decoder, &snapshot_table, &data->rows[data->count++]);
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field snapshot_data_fields[] = {
    BOURSE_FIELD("sequence", SLICE, snapshot_data, sequence),
    BOURSE_FIELD_FULL("data", CUSTOM, snapshot_data, rows, BOURSE_FIELD_REQUIRED, NULL, read_snapshots),
};
static const bourse_table snapshot_data_table = BOURSE_TABLE(snapshot_data_fields);

static void emit_snapshot(bourse_link *link, uint32_t channel, snapshot *row, int64_t number) {
  bourse_ticker *ticker = &row->ticker;
  ticker->update_id = number;
  ticker->percent = row->ratio;
  if (PRESENT(row->ratio)) ticker->percent.exponent += 2;
  if (!PRESENT(ticker->open) && PRESENT(ticker->last) && PRESENT(ticker->change))
    bourse_decimal_sub(&ticker->open, &ticker->last, &ticker->change);
  emit_ticker(link, channel, row->id, row->id, ticker);
}

int32_t bourse__kucoin_receive_snapshot(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  const snapshot_data *data = m->row;
  for (uint32_t i = 0; i < data->count; i++)
    emit_snapshot(link, channel, &data->rows[i], bourse_slice_int(data->sequence));
  return BOURSE_OK;
}

/* --- Spot: the last trade and the best prices --- */

/* Two orders. */
#define BEST                                                           \
  BOURSE_FIELD("bestAsk", DECIMAL, bourse_ticker, ask),                \
      BOURSE_FIELD("bestAskSize", DECIMAL, bourse_ticker, ask_amount), \
      BOURSE_FIELD("bestBid", DECIMAL, bourse_ticker, bid),            \
      BOURSE_FIELD("bestBidSize", DECIMAL, bourse_ticker, bid_amount)
#define PRICE    BOURSE_FIELD("price", DECIMAL, bourse_ticker, last)
#define SEQUENCE BOURSE_FIELD("sequence", INT64, bourse_ticker, update_id)
#define SIZE     BOURSE_FIELD("size", DECIMAL, bourse_ticker, last_amount)
#define TIMES    KUCOIN_TIME("time", bourse_ticker, time_ns), KUCOIN_TIME("Time", bourse_ticker, time_ns)
static const bourse_field last_fields[] = {BEST, PRICE, SEQUENCE, SIZE, TIMES};
static const bourse_field last_fields_by_number[] = {SEQUENCE, PRICE, SIZE, BEST, TIMES};
static const bourse_table last_tables[] = {BOURSE_TABLE(last_fields), BOURSE_TABLE(last_fields_by_number)};

/* Of all markets at once: the subject is the market. */
int32_t bourse__kucoin_receive_last(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  emit_ticker(link, channel, none, bourse_slice_is(m->name, "all") ? m->subject : m->name, m->row);
  return BOURSE_OK;
}

/* A price and an amount. */
static const bourse_field bid_fields[] = {
    BOURSE_FIELD("price", DECIMAL, bourse_ticker, bid),
    BOURSE_FIELD("size", DECIMAL, bourse_ticker, bid_amount),
};
static const bourse_table bid_table = BOURSE_TABLE(bid_fields);
static const bourse_field ask_fields[] = {
    BOURSE_FIELD("price", DECIMAL, bourse_ticker, ask),
    BOURSE_FIELD("size", DECIMAL, bourse_ticker, ask_amount),
};
static const bourse_table ask_table = BOURSE_TABLE(ask_fields);

static int32_t read_bid(bourse_decoder *decoder, void *ticker) {
  return bourse_decode_row(decoder, &bid_table, ticker);
}
static int32_t read_ask(bourse_decoder *decoder, void *ticker) {
  return bourse_decode_row(decoder, &ask_table, ticker);
}

static const bourse_field best_fields[] = {
    {"asks", 4, 0, BOURSE_AS_CUSTOM, 0, NULL, read_ask, "\"asks\":"},
    {"bids", 4, 0, BOURSE_AS_CUSTOM, 0, NULL, read_bid, "\"bids\":"},
    KUCOIN_TIME("timestamp", bourse_ticker, time_ns),
};
static const bourse_table best_table = BOURSE_TABLE(best_fields);

int32_t bourse__kucoin_receive_best(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  emit_ticker(link, channel, m->name, m->name, m->row);
  return BOURSE_OK;
}

/* --- Books --- */

typedef struct changes {
  bourse_level_list bids;
  bourse_level_list asks;
} changes;

static const bourse_field changes_fields[] = {
    BOURSE_FIELD_CUSTOM("asks", changes, asks, bourse_decode_level_list),
    BOURSE_FIELD_CUSTOM("bids", changes, bids, bourse_decode_level_list),
};
static const bourse_table changes_table = BOURSE_TABLE(changes_fields);

typedef struct book_data {
  changes changes; /* of numbered messages */
  bourse_level_list bids;
  bourse_level_list asks;
  int64_t first;
  int64_t last;
  int64_t sequence;
  int64_t time_ns;
} book_data;

/* Two orders. */
#define CHANGES BOURSE_FIELD_OBJECT("changes", book_data, changes, &changes_table)
#define FIRST   BOURSE_FIELD_MUST("sequenceStart", INT64, book_data, first)
#define LAST    BOURSE_FIELD_MUST("sequenceEnd", INT64, book_data, last)
#define SYMBOL  BOURSE_FIELD("symbol", CHECK, book_data, first)
static const bourse_field update_fields[] = {CHANGES, LAST, FIRST, SYMBOL, KUCOIN_TIME("time", book_data, time_ns)};
static const bourse_field update_fields_by_number[] = {FIRST, SYMBOL, CHANGES, LAST,
                                                       KUCOIN_TIME("time", book_data, time_ns)};
static const bourse_table update_tables[] = {BOURSE_TABLE(update_fields), BOURSE_TABLE(update_fields_by_number)};

/* A price of zero says only that the number went on. */
static uint32_t drop_zeros(bourse_level_list *side) {
  uint32_t kept = 0;
  bourse_level *levels = (bourse_level *)(uintptr_t)side->levels;
  for (uint32_t i = 0; i < side->count; i++)
    if (bourse_decimal_sign(&levels[i].price) > 0) levels[kept++] = levels[i];
  return kept;
}

int32_t bourse__kucoin_receive_changes(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  book_data *data = m->row;
  bourse_topic *topic = bourse_link_topic(link, &channels[channel], m->name, none);
  if (topic == NULL) return BOURSE_OK;
  const bourse_book_update update = {.snapshot = BOURSE_NO,
                                     .bid_count = drop_zeros(&data->changes.bids),
                                     .ask_count = drop_zeros(&data->changes.asks),
                                     .time_ns = data->time_ns,
                                     .first = data->first,
                                     .last = data->last,
                                     .previous = BOURSE_NO_SEQUENCE,
                                     .bids = data->changes.bids.levels,
                                     .asks = data->changes.asks.levels};
  bourse_emit_book(link, topic, &update);
  return BOURSE_OK;
}

static const bourse_field levels_fields[] = {
    BOURSE_FIELD_FULL("asks", CUSTOM, book_data, asks, BOURSE_FIELD_REQUIRED, NULL, bourse_decode_level_list),
    BOURSE_FIELD_FULL("bids", CUSTOM, book_data, bids, BOURSE_FIELD_REQUIRED, NULL, bourse_decode_level_list),
    BOURSE_FIELD("sequence", INT64, book_data, sequence),
    BOURSE_FIELD("ts", CHECK, book_data, time_ns),
    KUCOIN_TIME("timestamp", book_data, time_ns),
};
static const bourse_table levels_table = BOURSE_TABLE(levels_fields);

static void scale_side(const bourse_topic *topic, bourse_level_list *side) {
  bourse_level *levels = (bourse_level *)(uintptr_t)side->levels;
  for (uint32_t i = 0; i < side->count; i++) bourse__kucoin_futures_scale(topic->market, &levels[i].amount);
}

/* The best levels, all of them. */
int32_t bourse__kucoin_receive_levels(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  book_data *data = m->row;
  bourse_topic *topic = bourse_link_topic(link, &channels[channel], m->name, none);
  if (topic == NULL) return BOURSE_OK;
  if (channels[channel].socket == KUCOIN_SOCKET_FUTURES) {
    scale_side(topic, &data->bids);
    scale_side(topic, &data->asks);
  }
  const bourse_book_update update = {.snapshot = BOURSE_YES,
                                     .bid_count = data->bids.count,
                                     .ask_count = data->asks.count,
                                     .time_ns = data->time_ns,
                                     .first = BOURSE_NO_SEQUENCE,
                                     .last = data->sequence > 0 ? data->sequence : BOURSE_NO_SEQUENCE,
                                     .previous = BOURSE_NO_SEQUENCE,
                                     .bids = data->bids.levels,
                                     .asks = data->asks.levels};
  bourse_emit_book(link, topic, &update);
  return BOURSE_OK;
}

typedef struct one_change {
  bourse_slice change;
  int64_t sequence;
  int64_t time_ns;
} one_change;

static const bourse_field change_fields[] = {
    BOURSE_FIELD_FULL("change", SLICE, one_change, change, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("sequence", INT64, one_change, sequence),
    KUCOIN_TIME("timestamp", one_change, time_ns),
};
static const bourse_table change_table = BOURSE_TABLE(change_fields);

/* "5000.0,sell,83": one level, in contracts. 1 when it is of that form. */
static int32_t read_change(bourse_slice text, bourse_level *level, int32_t *sells) {
  const char *end = text.data + text.length;
  const char *first = text.length == 0 ? NULL : memchr(text.data, ',', text.length);
  const char *second = first == NULL ? NULL : memchr(first + 1, ',', (size_t)(end - first - 1));
  if (second == NULL) return 0;
  bourse_slice side = {first + 1, (size_t)(second - first - 1)};
  *sells = bourse_slice_is(side, "sell");
  return (*sells || bourse_slice_is(side, "buy")) &&
         bourse_decimal_parse(&level->price, text.data, (size_t)(first - text.data)) == BOURSE_OK &&
         bourse_decimal_parse(&level->amount, second + 1, (size_t)(end - second - 1)) == BOURSE_OK;
}

int32_t bourse__kucoin_receive_change(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  const one_change *data = m->row;
  bourse_level level;
  int32_t sells = 0;
  memset(&level, 0, sizeof level);
  bourse_topic *topic = bourse_link_topic(link, &channels[channel], m->name, none);
  if (!read_change(data->change, &level, &sells))
    return bourse_link_unknown(link, "change: not a price, side and amount");
  if (topic == NULL) return BOURSE_OK;
  bourse__kucoin_futures_scale(topic->market, &level.amount);
  uint32_t count = bourse_decimal_sign(&level.price) > 0 ? 1 : 0;
  const bourse_book_update update = {.snapshot = BOURSE_NO,
                                     .bid_count = sells ? 0 : count,
                                     .ask_count = sells ? count : 0,
                                     .time_ns = data->time_ns,
                                     .first = data->sequence,
                                     .last = data->sequence,
                                     .previous = BOURSE_NO_SEQUENCE,
                                     .bids = sells ? NULL : &level,
                                     .asks = sells ? &level : NULL};
  bourse_emit_book(link, topic, &update);
  return BOURSE_OK;
}

/* --- Trades --- */

static const bourse_field trade_fields[] = {
    BOURSE_FIELD("symbol", CHECK, bourse_trade, symbol),
    BOURSE_FIELD("sequence", CHECK, bourse_trade, symbol),
    BOURSE_FIELD_ENUM("side", bourse_trade, side, bourse__kucoin_sides),
    BOURSE_FIELD_MUST("size", DECIMAL, bourse_trade, amount),
    BOURSE_FIELD_MUST("price", DECIMAL, bourse_trade, price),
    BOURSE_FIELD("takerOrderId", CHECK, bourse_trade, symbol),
    BOURSE_FIELD("makerOrderId", CHECK, bourse_trade, symbol),
    BOURSE_FIELD("type", CHECK, bourse_trade, symbol),
    BOURSE_FIELD_MUST("tradeId", ID, bourse_trade, id),
    KUCOIN_TIME("time", bourse_trade, time_ns),
    KUCOIN_TIME("ts", bourse_trade, time_ns),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

int32_t bourse__kucoin_receive_trade(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  bourse_trade *trade = m->row;
  bourse_topic *topic = bourse_link_topic(link, &channels[channel], m->name, none);
  if (trade->time_ns == 0) return bourse_link_unknown(link, "time: missing");
  if (topic == NULL) return BOURSE_OK;
  if (channel == KUCOIN_FUTURES_TRADES) {
    trade->contracts = trade->amount;
    bourse__kucoin_futures_finish_trade(topic->market, trade);
  } else {
    if (topic->market != NULL) trade->symbol = topic->market->symbol;
    trade->aggregated = BOURSE_NO;
    bourse_decimal_mul(&trade->cost, &trade->price, &trade->amount);
  }
  bourse_emit(link, topic, BOURSE_KIND_TRADE, trade, 1, trade->time_ns, 0);
  return BOURSE_OK;
}

/* --- Candles: open, close, high, low, everywhere --- */

typedef struct candle_row {
  bourse_candle candle;
  bourse_decimal contracts;
} candle_row;

static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("time", TIME_S, candle_row, candle.time_ns),
    BOURSE_FIELD_MUST("open", DECIMAL, candle_row, candle.open),
    BOURSE_FIELD_MUST("close", DECIMAL, candle_row, candle.close),
    BOURSE_FIELD_MUST("high", DECIMAL, candle_row, candle.high),
    BOURSE_FIELD_MUST("low", DECIMAL, candle_row, candle.low),
    BOURSE_FIELD("volume", DECIMAL, candle_row, candle.volume),
    BOURSE_FIELD("turnover", DECIMAL, candle_row, candle.quote_volume),
};
static const bourse_table candle_table = BOURSE_TABLE(candle_fields);
/* Of futures the last is contracts, and what is before it is not to be trusted. */
static const bourse_field futures_candle_fields[] = {
    BOURSE_FIELD_MUST("time", TIME_S, candle_row, candle.time_ns),
    BOURSE_FIELD_MUST("open", DECIMAL, candle_row, candle.open),
    BOURSE_FIELD_MUST("close", DECIMAL, candle_row, candle.close),
    BOURSE_FIELD_MUST("high", DECIMAL, candle_row, candle.high),
    BOURSE_FIELD_MUST("low", DECIMAL, candle_row, candle.low),
    BOURSE_FIELD("amount", CHECK, candle_row, candle),
    BOURSE_FIELD("volume", DECIMAL, candle_row, candle.volume),
};
static const bourse_table futures_candle_table = BOURSE_TABLE(futures_candle_fields);

typedef struct candle_data {
  candle_row row;
  int64_t time_ns;
} candle_data;

static int32_t read_candle(bourse_decoder *decoder, void *member) {
  return bourse_decode_row(decoder, &candle_table, member);
}
static int32_t read_futures_candle(bourse_decoder *decoder, void *member) {
  return bourse_decode_row(decoder, &futures_candle_table, member);
}

#define CANDLE_DATA(read_)                                                                          \
  {                                                                                                 \
    BOURSE_FIELD("symbol", CHECK, candle_data, row),                                                \
        BOURSE_FIELD_FULL("candles", CUSTOM, candle_data, row, BOURSE_FIELD_REQUIRED, NULL, read_), \
        KUCOIN_TIME("time", candle_data, time_ns),                                                  \
  }
static const bourse_field candle_data_fields[] = CANDLE_DATA(read_candle);
static const bourse_table candle_data_table = BOURSE_TABLE(candle_data_fields);
static const bourse_field futures_candle_data_fields[] = CANDLE_DATA(read_futures_candle);
static const bourse_table futures_candle_data_table = BOURSE_TABLE(futures_candle_data_fields);

int32_t bourse__kucoin_receive_candle(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  candle_data *data = m->row;
  bourse_slice id, length;
  size_t count;
  bourse__kucoin_split_candles(m->name, &id, &length);
  bourse_topic *topic = bourse_link_topic(link, &channels[channel], id, length);
  if (topic == NULL) return BOURSE_OK;
  bourse_candle *candle = &data->row.candle;
  if (channel == KUCOIN_FUTURES_CANDLES) bourse__kucoin_futures_scale(topic->market, &candle->volume);
  const bourse_interval *intervals = bourse__kucoin_spot_intervals(&count);
  for (size_t i = 0; i < count; i++)
    if (bourse_slice_is(length, intervals[i].native) && candle->time_ns < INT64_MAX - intervals[i].length_ns)
      candle->close_time_ns = candle->time_ns + intervals[i].length_ns - KUCOIN_MILLISECOND;
  bourse_emit(link, topic, BOURSE_KIND_CANDLE, candle, 1, data->time_ns, 0);
  return BOURSE_OK;
}

/* --- Futures --- */

typedef struct day_row {
  bourse_ticker ticker;
  bourse_decimal ratio;
} day_row;

static const bourse_field day_fields[] = {
    BOURSE_FIELD("highPrice", DECIMAL, day_row, ticker.high),
    BOURSE_FIELD("lastPrice", DECIMAL, day_row, ticker.last),
    BOURSE_FIELD("lowPrice", DECIMAL, day_row, ticker.low),
    BOURSE_FIELD("price24HoursBefore", DECIMAL, day_row, ticker.open),
    BOURSE_FIELD("priceChg", DECIMAL, day_row, ticker.change),
    BOURSE_FIELD("priceChgPct", DECIMAL, day_row, ratio),
    BOURSE_FIELD("symbol", CHECK, day_row, ticker),
    KUCOIN_TIME("ts", day_row, ticker.time_ns),
    BOURSE_FIELD("turnover", DECIMAL, day_row, ticker.quote_volume),
    BOURSE_FIELD("volume", DECIMAL, day_row, ticker.base_volume),
};
static const bourse_table day_table = BOURSE_TABLE(day_fields);

int32_t bourse__kucoin_receive_futures_ticker(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  day_row *row = m->row;
  row->ticker.percent = row->ratio;
  if (PRESENT(row->ratio)) row->ticker.percent.exponent += 2;
  emit_ticker(link, channel, m->name, m->name, &row->ticker);
  return BOURSE_OK;
}

static const bourse_field futures_best_fields[] = {
    BOURSE_FIELD("symbol", CHECK, bourse_ticker, symbol),
    BOURSE_FIELD("sequence", INT64, bourse_ticker, update_id),
    BOURSE_FIELD("bestBidSize", DECIMAL, bourse_ticker, bid_amount),
    BOURSE_FIELD("bestBidPrice", DECIMAL, bourse_ticker, bid),
    BOURSE_FIELD("bestAskPrice", DECIMAL, bourse_ticker, ask),
    BOURSE_FIELD("bestAskSize", DECIMAL, bourse_ticker, ask_amount),
    KUCOIN_TIME("ts", bourse_ticker, time_ns),
};
static const bourse_table futures_best_table = BOURSE_TABLE(futures_best_fields);

int32_t bourse__kucoin_receive_futures_best(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  bourse_ticker *ticker = m->row;
  const bourse_market *market = bourse_link_market(link, link->product, m->name);
  bourse__kucoin_futures_scale(market, &ticker->bid_amount);
  bourse__kucoin_futures_scale(market, &ticker->ask_amount);
  emit_ticker(link, channel, m->name, m->name, ticker);
  return BOURSE_OK;
}

static const bourse_field mark_fields[] = {
    BOURSE_FIELD("markPrice", DECIMAL, bourse_ticker, mark_price),
    BOURSE_FIELD("indexPrice", DECIMAL, bourse_ticker, index_price),
    KUCOIN_TIME("timestamp", bourse_ticker, time_ns),
};
static const bourse_table mark_table = BOURSE_TABLE(mark_fields);

/* The channel tells funding rates, too. */
int32_t bourse__kucoin_receive_mark(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel) {
  bourse_ticker *ticker = m->row;
  if (!bourse_slice_is(m->subject, "mark.index.price")) return BOURSE_OK;
  if (!PRESENT(ticker->mark_price)) return bourse_link_unknown(link, "markPrice: required, but missing");
  emit_ticker(link, channel, m->name, m->name, ticker);
  return BOURSE_OK;
}

/* --- All of them --- */

/* By what tables the data of a channel's messages is read, into a struct of that size. */
static const struct {
  const bourse_table *tables;
  uint32_t count;
  uint32_t size;
} shapes[KUCOIN_CHANNELS] = {
    [KUCOIN_TICKER] = {&snapshot_data_table, 1, sizeof(snapshot_data)},
    [KUCOIN_ALL_TICKERS] = {last_tables, 2, sizeof(bourse_ticker)},
    [KUCOIN_BIDS_ASKS] = {&best_table, 1, sizeof(bourse_ticker)},
    [KUCOIN_BOOK] = {update_tables, 2, sizeof(book_data)},
    [KUCOIN_BOOK_5] = {&levels_table, 1, sizeof(book_data)},
    [KUCOIN_BOOK_50] = {&levels_table, 1, sizeof(book_data)},
    [KUCOIN_TRADES] = {&trade_table, 1, sizeof(bourse_trade)},
    [KUCOIN_CANDLES] = {&candle_data_table, 1, sizeof(candle_data)},
    [KUCOIN_FUTURES_TICKER] = {&day_table, 1, sizeof(day_row)},
    [KUCOIN_FUTURES_BIDS_ASKS] = {&futures_best_table, 1, sizeof(bourse_ticker)},
    [KUCOIN_FUTURES_BOOK] = {&change_table, 1, sizeof(one_change)},
    [KUCOIN_FUTURES_BOOK_5] = {&levels_table, 1, sizeof(book_data)},
    [KUCOIN_FUTURES_BOOK_50] = {&levels_table, 1, sizeof(book_data)},
    [KUCOIN_FUTURES_TRADES] = {&trade_table, 1, sizeof(bourse_trade)},
    [KUCOIN_FUTURES_CANDLES] = {&futures_candle_data_table, 1, sizeof(candle_data)},
    [KUCOIN_FUTURES_MARK] = {&mark_table, 1, sizeof(bourse_ticker)},
};

int32_t bourse__kucoin_is_public(uint32_t channel) {
  return channel < KUCOIN_CHANNELS && shapes[channel].tables != NULL;
}

int32_t bourse__kucoin_read_public(bourse_decoder *decoder, bourse__kucoin_message *m, uint32_t channel) {
  m->row = bourse_arena_alloc(decoder->arena, shapes[channel].size);
  if (m->row == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "data", "memory is out");
  return bourse_decode_object_by_order(decoder, shapes[channel].tables, shapes[channel].count, m->row);
}
