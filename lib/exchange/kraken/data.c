/* exchange/kraken/data.c - public market data. */
#include <inttypes.h>
#include <string.h>

#include "exchange/kraken/kraken.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Time and status --- */

static const bourse_field time_fields[] = {BOURSE_FIELD_MUST("unixtime", TIME_S, bourse_server_time, time_ns)};
static const bourse_table time_table = BOURSE_TABLE(time_fields);

PARSE(time) {
  bourse_server_time *time = bourse_append(call, BOURSE_KIND_SERVER_TIME);
  return time == NULL ? BOURSE_ERROR_MEMORY : bourse__kraken_object(call, reply, &time_table, time);
}

static const bourse_name system_words[] = {
    {"online", BOURSE_SYSTEM_NORMAL},           {"maintenance", BOURSE_SYSTEM_MAINTENANCE},
    {"cancel_only", BOURSE_SYSTEM_CANCEL_ONLY}, {"post_only", BOURSE_SYSTEM_POST_ONLY},
    {"limit_only", BOURSE_SYSTEM_LIMIT_ONLY},   {NULL, 0}};

static const bourse_field status_fields[] = {
    BOURSE_FIELD_MUST("status", STRING, bourse_system_status, message),
    BOURSE_FIELD("timestamp", TIME_ISO, bourse_system_status, time_ns),
};
static const bourse_table status_table = BOURSE_TABLE(status_fields);

/* The word itself is the message. */
PARSE(status) {
  bourse_system_status *status = bourse_append(call, BOURSE_KIND_SYSTEM_STATUS);
  if (status == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse__kraken_object(call, reply, &status_table, status);
  if (code != BOURSE_OK) return code;
  status->status = bourse_name_value(system_words, (bourse_slice){status->message, strlen(status->message)});
  return BOURSE_OK;
}

/* --- Which market --- */

int32_t bourse__kraken_put_pairs(bourse_call *call) {
  bourse_text text;
  if (call->market != NULL) {
    bourse_put(call, "pair", call->market->id);
    return BOURSE_OK;
  }
  if (call->market_count == 0) return BOURSE_OK;
  bourse_text_init(&text, call->arena);
  for (uint32_t i = 0; i < call->market_count; i++) {
    if (i > 0) bourse_text_char(&text, ',');
    bourse_text_string(&text, call->markets[i]->id);
  }
  if (bourse_text_finish(&text) == NULL) return bourse_fail_memory(call);
  bourse_put_bytes(call, "pair", text.data, text.length);
  return BOURSE_OK;
}

/* Replies are keyed by the id whatever name was sent: what is asked for one market is about that one. */
static int32_t is_other_market(bourse_call *call, bourse_slice key) {
  const bourse_market *market = bourse__kraken_market(call, key);
  return call->market != NULL && market != NULL && market != call->market && strcmp(market->id, call->market->id) != 0;
}

/* --- Tickers --- */

static const bourse_field ask_fields[] = {
    BOURSE_FIELD_MUST("ask", DECIMAL, bourse_ticker, ask),
    BOURSE_FIELD_SKIP, /* whole lots */
    BOURSE_FIELD("ask volume", DECIMAL, bourse_ticker, ask_amount),
};
static const bourse_field bid_fields[] = {
    BOURSE_FIELD_MUST("bid", DECIMAL, bourse_ticker, bid),
    BOURSE_FIELD_SKIP,
    BOURSE_FIELD("bid volume", DECIMAL, bourse_ticker, bid_amount),
};
static const bourse_field last_fields[] = {
    BOURSE_FIELD_MUST("last", DECIMAL, bourse_ticker, last),
    BOURSE_FIELD("last volume", DECIMAL, bourse_ticker, last_amount),
};
/* [today, last 24 hours]. */
static const bourse_field volume_fields[] = {BOURSE_FIELD_SKIP,
                                             BOURSE_FIELD("volume", DECIMAL, bourse_ticker, base_volume)};
static const bourse_field vwap_fields[] = {BOURSE_FIELD_SKIP, BOURSE_FIELD("vwap", DECIMAL, bourse_ticker, vwap)};
static const bourse_field count_fields[] = {BOURSE_FIELD_SKIP,
                                            BOURSE_FIELD("trades", INT64, bourse_ticker, trade_count)};
static const bourse_field low_fields[] = {BOURSE_FIELD_SKIP, BOURSE_FIELD("low", DECIMAL, bourse_ticker, low)};
static const bourse_field high_fields[] = {BOURSE_FIELD_SKIP, BOURSE_FIELD("high", DECIMAL, bourse_ticker, high)};

#define LIST(name_)                                                       \
  static const bourse_table name_##_table = BOURSE_TABLE(name_##_fields); \
  static int32_t read_##name_(bourse_decoder *decoder, void *member) {    \
    return bourse_decode_row(decoder, &name_##_table, member);            \
  }
LIST(ask)
LIST(bid)
LIST(last)
LIST(volume)
LIST(vwap)
LIST(count)
LIST(low)
LIST(high)

/* Every list is read into the ticker itself, whose address is that of its first member. */
static const bourse_field ticker_fields[] = {
    BOURSE_FIELD_CUSTOM("a", bourse_ticker, symbol, read_ask),
    BOURSE_FIELD_CUSTOM("b", bourse_ticker, symbol, read_bid),
    BOURSE_FIELD_CUSTOM("c", bourse_ticker, symbol, read_last),
    BOURSE_FIELD_CUSTOM("v", bourse_ticker, symbol, read_volume),
    BOURSE_FIELD_CUSTOM("p", bourse_ticker, symbol, read_vwap),
    BOURSE_FIELD_CUSTOM("t", bourse_ticker, symbol, read_count),
    BOURSE_FIELD_CUSTOM("l", bourse_ticker, symbol, read_low),
    BOURSE_FIELD_CUSTOM("h", bourse_ticker, symbol, read_high),
    BOURSE_FIELD("o", CHECK, bourse_ticker, symbol), /* of this day, not of the last 24 hours */
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);
_Static_assert(offsetof(bourse_ticker, symbol) == 0, "lists are read through the address of symbol");

BUILD(tickers) { return bourse__kraken_put_pairs(call); }

static int32_t set_market(bourse_call *call, bourse_slice key, const char **symbol, const char **id) {
  const bourse_market *market = bourse__kraken_market(call, key);
  if (market == NULL) market = call->market;
  *symbol = market == NULL ? NULL : market->symbol;
  *id = market != NULL ? market->id : bourse_arena_copy(call->arena, key.data, key.length);
  return *id != NULL ? BOURSE_OK : bourse_fail_memory(call);
}

static int32_t ticker_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  bourse_ticker ticker;
  memset(&ticker, 0, sizeof ticker);
  int32_t code = bourse_decode_object(decoder, &ticker_table, &ticker);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, PRESENT(ticker.last) || PRESENT(ticker.bid), "c");
  if (code == BOURSE_OK) code = set_market(call, key, &ticker.symbol, &ticker.id);
  if (code != BOURSE_OK || is_other_market(call, key)) return code;
  bourse_ticker *record = bourse_append(call, BOURSE_KIND_TICKER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = ticker;
  if (PRESENT(ticker.vwap) && PRESENT(ticker.base_volume))
    bourse_decimal_mul(&record->quote_volume, &ticker.vwap, &ticker.base_volume);
  return BOURSE_OK;
}

PARSE(tickers) { return bourse__kraken_map(call, reply, ticker_entry); }

/* --- Order book --- */

typedef struct book_row {
  bourse_level_list bids;
  bourse_level_list asks;
} book_row;

static const bourse_field book_fields[] = {
    BOURSE_FIELD_FULL("asks", CUSTOM, book_row, asks, BOURSE_FIELD_REQUIRED, NULL, bourse_decode_level_list),
    BOURSE_FIELD_FULL("bids", CUSTOM, book_row, bids, BOURSE_FIELD_REQUIRED, NULL, bourse_decode_level_list),
};
static const bourse_table book_table = BOURSE_TABLE(book_fields);

BUILD(depth) {
  if (call->limit > 500)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "limit", "limit is %" PRIu32 "; 1 to 500 are allowed", call->limit);
  int32_t code = bourse__kraken_put_pairs(call);
  bourse_put_uint(call, "count", call->limit);
  return code;
}

static int32_t book_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  book_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &book_table, &row);
  if (code != BOURSE_OK || is_other_market(call, key)) return code;
  bourse_order_book *book = bourse_append_book(call, &row.bids, &row.asks);
  if (book == NULL) return BOURSE_ERROR_MEMORY;
  return set_market(call, key, &book->symbol, &book->id);
}

PARSE(depth) {
  int32_t code = bourse__kraken_map(call, reply, book_entry);
  if (code != BOURSE_OK || bourse_appended(call) > 0) return code;
  return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "result", "the reply has no order book");
}

/* --- Trades and candles: {"PAIR": [rows], "last": where to go on} --- */

typedef struct trade_row {
  bourse_trade trade;
  bourse_slice side;
} trade_row;

static const bourse_field trade_fields[] = {
    BOURSE_FIELD_MUST("price", DECIMAL, trade_row, trade.price),
    BOURSE_FIELD_MUST("volume", DECIMAL, trade_row, trade.amount),
    BOURSE_FIELD_MUST("time", TIME_S, trade_row, trade.time_ns),
    BOURSE_FIELD("side", SLICE, trade_row, side),
    BOURSE_FIELD_SKIP, /* market or limit */
    BOURSE_FIELD_SKIP,
    BOURSE_FIELD("trade id", ID, trade_row, trade.id),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

/* Trades are found from a time on, a thousand at most; there is no end to give. */
BUILD(trades) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  if (call->request->limit > 1000 && call->since_ns == 0)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "limit",
                       "limit is %" PRIu32 "; without since_ns the newest 1000 are to be had", call->request->limit);
  if (call->until_ns != 0 && call->since_ns == 0)
    return bourse_unsupported(call, "until_ns", "trades are found from a time on: give since_ns");
  bourse_put(call, "pair", call->market->id);
  if (call->since_ns != 0 && call->since_ns % KRAKEN_SECOND == 0)
    bourse_put_int(call, "since", call->since_ns / KRAKEN_SECOND);
  else if (call->since_ns != 0)
    bourse_put_int(call, "since", call->since_ns - 1000); /* replies have less than all digits of their times */
  bourse_put_uint(call, "count", call->limit);
  return BOURSE_OK;
}

static int32_t is_past(const bourse_call *call, int64_t time_ns) {
  return call->request->until_ns != 0 && time_ns > call->request->until_ns;
}

static int32_t trade_row_read(bourse_call *call, bourse_decoder *decoder) {
  trade_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_row(decoder, &trade_table, &row);
  if (code != BOURSE_OK || is_past(call, row.trade.time_ns)) return code;
  bourse_trade *trade = bourse_append(call, BOURSE_KIND_TRADE);
  if (trade == NULL) return BOURSE_ERROR_MEMORY;
  *trade = row.trade;
  trade->aggregated = BOURSE_NO;
  if (bourse_slice_is(row.side, "b")) trade->side = BOURSE_SIDE_BUY;
  if (bourse_slice_is(row.side, "s")) trade->side = BOURSE_SIDE_SELL;
  bourse_decimal_mul(&trade->cost, &trade->price, &trade->amount);
  return BOURSE_OK;
}

static int32_t trades_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  const char *symbol, *id;
  uint32_t first = bourse_appended(call);
  if (bourse_slice_is(key, "last")) {
    bourse_json_skip(&decoder->json);
    return BOURSE_OK;
  }
  int32_t code = bourse_read_array(call, decoder, "trades", trade_row_read);
  if (code == BOURSE_OK) code = set_market(call, key, &symbol, &id);
  for (uint32_t i = first; code == BOURSE_OK && i < bourse_appended(call); i++)
    ((bourse_trade *)bourse_appended_at(call, i))->symbol = symbol;
  return code;
}

PARSE(trades) { return bourse__kraken_map(call, reply, trades_entry); }

const bourse_interval bourse__kraken_intervals[KRAKEN_INTERVALS] = {
    {"1m", "1", KRAKEN_MINUTE},        {"5m", "5", 5 * KRAKEN_MINUTE},   {"15m", "15", 15 * KRAKEN_MINUTE},
    {"30m", "30", 30 * KRAKEN_MINUTE}, {"1h", "60", 60 * KRAKEN_MINUTE}, {"4h", "240", 240 * KRAKEN_MINUTE},
    {"1d", "1440", KRAKEN_DAY},        {"1w", "10080", 7 * KRAKEN_DAY},  {"15d", "21600", 15 * KRAKEN_DAY},
};

/* 720 candles at most, and always the newest; since leaves out what is before. */
BUILD(candles) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  const bourse_interval *interval = bourse_find_interval(call, bourse__kraken_intervals, KRAKEN_INTERVALS);
  if (interval == NULL) return BOURSE_ERROR_ARGUMENT;
  if (call->request->price_kind != 0 && call->request->price_kind != BOURSE_PRICE_LAST)
    return bourse_unsupported(call, "price_kind", "spot markets have candles of the last price only");
  bourse_put(call, "pair", call->market->id);
  bourse_put(call, "interval", interval->native);
  if (call->since_ns > KRAKEN_SECOND) bourse_put_int(call, "since", (call->since_ns - 1) / KRAKEN_SECOND);
  return BOURSE_OK;
}

static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("time", TIME_S, bourse_candle, time_ns),
    BOURSE_FIELD_MUST("open", DECIMAL, bourse_candle, open),
    BOURSE_FIELD_MUST("high", DECIMAL, bourse_candle, high),
    BOURSE_FIELD_MUST("low", DECIMAL, bourse_candle, low),
    BOURSE_FIELD_MUST("close", DECIMAL, bourse_candle, close),
    BOURSE_FIELD_SKIP, /* volume-weighted average price */
    BOURSE_FIELD_MUST("volume", DECIMAL, bourse_candle, volume),
    BOURSE_FIELD("count", INT64, bourse_candle, trade_count),
};
static const bourse_table candle_table = BOURSE_TABLE(candle_fields);

static int32_t candle_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_candle candle;
  memset(&candle, 0, sizeof candle);
  int32_t code = bourse_decode_row(decoder, &candle_table, &candle);
  if (code != BOURSE_OK || is_past(call, candle.time_ns) || candle.time_ns < call->request->since_ns) return code;
  bourse_candle *record = bourse_append(call, BOURSE_KIND_CANDLE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = candle;
  bourse_end_candle(call, record, bourse__kraken_intervals, KRAKEN_INTERVALS);
  return BOURSE_OK;
}

static int32_t candles_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  if (!bourse_slice_is(key, "last")) return bourse_read_array(call, decoder, "candles", candle_row_read);
  bourse_json_skip(&decoder->json);
  return BOURSE_OK;
}

PARSE(candles) { return bourse__kraken_map(call, reply, candles_entry); }
