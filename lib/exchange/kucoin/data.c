/* exchange/kucoin/data.c - public market data of spot, and what futures tell in the same form. */
#include <inttypes.h>
#include <string.h>

#include "exchange/kucoin/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

const bourse_name bourse__kucoin_sides[] = {{"buy", BOURSE_SIDE_BUY},
                                            {"sell", BOURSE_SIDE_SELL},
                                            {"BUY", BOURSE_SIDE_BUY},
                                            {"SELL", BOURSE_SIDE_SELL},
                                            {NULL, 0}};

/* --- Time and status --- */

/* The data is the number itself. */
PARSE(time) {
  bourse_http_reply data;
  bourse_decoder decoder;
  int64_t number = 0;
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code != BOURSE_OK) return code;
  bourse_server_time *time = bourse_append(call, BOURSE_KIND_SERVER_TIME);
  if (time == NULL) return BOURSE_ERROR_MEMORY;
  bourse_decode_reply(call, &decoder, &data);
  code = bourse_decode_value(&decoder, BOURSE_AS_INT64, NULL, "data", &number);
  time->time_ns = bourse__kucoin_time_of(number);
  if (code == BOURSE_OK) code = bourse_decode_need(&decoder, time->time_ns > 0, "data");
  return bourse_read_end(call, &decoder, code);
}

static const bourse_name system_words[] = {{"open", BOURSE_SYSTEM_NORMAL},
                                           {"close", BOURSE_SYSTEM_MAINTENANCE},
                                           {"cancelonly", BOURSE_SYSTEM_CANCEL_ONLY},
                                           {NULL, 0}};

static const bourse_field status_fields[] = {
    BOURSE_FIELD_FULL("status", ENUM, bourse_system_status, status, BOURSE_FIELD_REQUIRED, system_words, NULL),
    BOURSE_FIELD("msg", STRING, bourse_system_status, message),
};
static const bourse_table status_table = BOURSE_TABLE(status_fields);

PARSE(status) {
  bourse_system_status *status = bourse_append(call, BOURSE_KIND_SYSTEM_STATUS);
  if (status == NULL) return BOURSE_ERROR_MEMORY;
  status->time_ns = call->now_ns;
  return bourse__kucoin_object(call, reply, &status_table, status);
}

/* --- Tickers --- */

typedef struct ticker_row {
  bourse_ticker ticker;
  bourse_decimal ratio; /* change by what was there a day ago */
} ticker_row;

static const bourse_field ticker_fields[] = {
    KUCOIN_MARKET("symbol", ticker_row, ticker.symbol),
    KUCOIN_TIME("time", ticker_row, ticker.time_ns),
    KUCOIN_TIME("datetime", ticker_row, ticker.time_ns),
    BOURSE_FIELD("symbolName", CHECK, ticker_row, ticker),
    BOURSE_FIELD("buy", DECIMAL, ticker_row, ticker.bid),
    BOURSE_FIELD("bestBidSize", DECIMAL, ticker_row, ticker.bid_amount),
    BOURSE_FIELD("sell", DECIMAL, ticker_row, ticker.ask),
    BOURSE_FIELD("bestAskSize", DECIMAL, ticker_row, ticker.ask_amount),
    BOURSE_FIELD("changeRate", DECIMAL, ticker_row, ratio),
    BOURSE_FIELD("changePrice", DECIMAL, ticker_row, ticker.change),
    BOURSE_FIELD("change", DECIMAL, ticker_row, ticker.change),
    BOURSE_FIELD("high", DECIMAL, ticker_row, ticker.high),
    BOURSE_FIELD("low", DECIMAL, ticker_row, ticker.low),
    BOURSE_FIELD("vol", DECIMAL, ticker_row, ticker.base_volume),
    BOURSE_FIELD("volValue", DECIMAL, ticker_row, ticker.quote_volume),
    BOURSE_FIELD("last", DECIMAL, ticker_row, ticker.last),
    BOURSE_FIELD("lastDealPrice", DECIMAL, ticker_row, ticker.last),
    BOURSE_FIELD("averagePrice", DECIMAL, ticker_row, ticker.vwap),
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);

static int32_t ticker_row_read(bourse_call *call, bourse_decoder *decoder) {
  ticker_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &ticker_table, &row);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.ticker.id != NULL, "symbol");
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.ticker.id)) return code;
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  *ticker = row.ticker;
  ticker->percent = row.ratio;
  if (PRESENT(row.ratio)) ticker->percent.exponent += 2;
  if (PRESENT(ticker->last) && PRESENT(ticker->change))
    bourse_decimal_sub(&ticker->open, &ticker->last, &ticker->change);
  if (ticker->time_ns == 0) ticker->time_ns = call->scratch[SCRATCH_STAGE];
  return BOURSE_OK;
}

PARSE(ticker) { return bourse__kucoin_rows(call, reply, ticker_row_read); }

typedef struct tickers_reply {
  int64_t time_ns;
  int32_t rows;
  int32_t reserved;
} tickers_reply;

static int32_t read_tickers(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "ticker", ticker_row_read);
}

static const bourse_field tickers_fields[] = {
    KUCOIN_TIME("time", tickers_reply, time_ns),
    BOURSE_FIELD_FULL("ticker", CUSTOM, tickers_reply, rows, BOURSE_FIELD_REQUIRED, NULL, read_tickers),
};
static const bourse_table tickers_table = BOURSE_TABLE(tickers_fields);

/* {"time": ..., "ticker": [...]}: the time is that of all. */
PARSE(tickers) {
  bourse_http_reply data;
  tickers_reply wire = {0, 0, 0};
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code != BOURSE_OK) return code;
  call->scratch[SCRATCH_STAGE] = 0;
  if (bourse_is_array(&data)) return bourse_read_rows(call, &data, ticker_row_read);
  code = bourse_read_object(call, &data, &tickers_table, &wire);
  for (uint32_t i = 0; code == BOURSE_OK && i < bourse_appended(call); i++) {
    bourse_ticker *ticker = bourse_appended_at(call, i);
    if (ticker->time_ns == 0) ticker->time_ns = wire.time_ns;
  }
  return code;
}

/* --- Order book --- */

typedef struct book_row {
  bourse_level_list bids;
  bourse_level_list asks;
  int64_t sequence;
  int64_t time_ns;
} book_row;

static const bourse_field book_fields[] = {
    KUCOIN_TIME("time", book_row, time_ns),
    BOURSE_FIELD("sequence", INT64, book_row, sequence),
    BOURSE_FIELD("symbol", CHECK, book_row, bids), /* of futures, as their time */
    BOURSE_FIELD_FULL("bids", CUSTOM, book_row, bids, BOURSE_FIELD_REQUIRED, NULL, bourse_decode_level_list),
    BOURSE_FIELD_FULL("asks", CUSTOM, book_row, asks, BOURSE_FIELD_REQUIRED, NULL, bourse_decode_level_list),
    KUCOIN_TIME("ts", book_row, time_ns),
};
static const bourse_table book_table = BOURSE_TABLE(book_fields);

static void scale_side(const bourse_call *call, bourse_level_list *side) {
  for (uint32_t i = 0; i < side->count; i++) bourse__kucoin_futures_scale(call->market, &side->levels[i].amount);
}

PARSE(depth) {
  book_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_object(call, reply, &book_table, &row);
  if (code != BOURSE_OK) return code;
  if (bourse_is_futures(call)) {
    scale_side(call, &row.bids);
    scale_side(call, &row.asks);
  }
  bourse_order_book *book = bourse_append_book(call, &row.bids, &row.asks);
  if (book == NULL) return BOURSE_ERROR_MEMORY;
  book->time_ns = row.time_ns;
  book->sequence = row.sequence;
  return BOURSE_OK;
}

/* --- Trades: the newest hundred, nothing else can be asked for --- */

static const bourse_field trade_fields[] = {
    BOURSE_FIELD_MUST("sequence", ID, bourse_trade, id),
    BOURSE_FIELD_MUST("price", DECIMAL, bourse_trade, price),
    BOURSE_FIELD_MUST("size", DECIMAL, bourse_trade, amount),
    BOURSE_FIELD_ENUM("side", bourse_trade, side, bourse__kucoin_sides),
    BOURSE_FIELD_FULL("time", CUSTOM, bourse_trade, time_ns, BOURSE_FIELD_REQUIRED, NULL, bourse__kucoin_read_time),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

int32_t bourse__kucoin_append_trade(bourse_call *call, bourse_decoder *decoder, const bourse_table *table,
                                    bourse_trade **trade) {
  bourse_trade row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, table, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.time_ns)) return code;
  *trade = bourse_append(call, BOURSE_KIND_TRADE);
  if (*trade == NULL) return BOURSE_ERROR_MEMORY;
  **trade = row;
  return BOURSE_OK;
}

static int32_t trade_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_trade *trade = NULL;
  int32_t code = bourse__kucoin_append_trade(call, decoder, &trade_table, &trade);
  if (trade == NULL) return code;
  trade->symbol = call->market == NULL ? NULL : call->market->symbol;
  trade->aggregated = BOURSE_NO;
  bourse_decimal_mul(&trade->cost, &trade->price, &trade->amount);
  return BOURSE_OK;
}

PARSE(trades) { return bourse__kucoin_rows(call, reply, trade_row_read); }

/* --- Candles --- */

static const bourse_interval intervals[] = {
    {"1m", "1min", KUCOIN_MINUTE},        {"3m", "3min", 3 * KUCOIN_MINUTE},    {"5m", "5min", 5 * KUCOIN_MINUTE},
    {"15m", "15min", 15 * KUCOIN_MINUTE}, {"30m", "30min", 30 * KUCOIN_MINUTE}, {"1h", "1hour", KUCOIN_HOUR},
    {"2h", "2hour", 2 * KUCOIN_HOUR},     {"4h", "4hour", 4 * KUCOIN_HOUR},     {"6h", "6hour", 6 * KUCOIN_HOUR},
    {"8h", "8hour", 8 * KUCOIN_HOUR},     {"12h", "12hour", 12 * KUCOIN_HOUR},  {"1d", "1day", KUCOIN_DAY},
    {"1w", "1week", 7 * KUCOIN_DAY},      {"1M", "1month", 31 * KUCOIN_DAY},
};

const bourse_interval *bourse__kucoin_spot_intervals(size_t *count) {
  *count = sizeof intervals / sizeof intervals[0];
  return intervals;
}

/* There is no limit to send: as many candles as are wanted are a span of time. */
void bourse__kucoin_window(const bourse_call *call, int64_t length_ns, int64_t *since_ns, int64_t *until_ns) {
  int64_t span_ns = (int64_t)call->limit * length_ns;
  *since_ns = call->since_ns;
  *until_ns = call->until_ns;
  if (span_ns == 0) return;
  if (*since_ns == 0) {
    if (*until_ns == 0) *until_ns = call->now_ns;
    *since_ns = *until_ns > span_ns ? *until_ns - span_ns : KUCOIN_SECOND;
  } else if (*since_ns < INT64_MAX - span_ns && (*until_ns == 0 || *until_ns > *since_ns + span_ns)) {
    *until_ns = *since_ns + span_ns;
  }
}

BUILD(candles) {
  int64_t since_ns, until_ns;
  const bourse_interval *interval = bourse_find_interval(call, BOURSE_ROWS(intervals));
  if (bourse_need_market(call) == NULL || interval == NULL) return BOURSE_ERROR_ARGUMENT;
  if (call->request->price_kind != 0 && call->request->price_kind != BOURSE_PRICE_LAST)
    return bourse_unsupported(call, "price_kind", "spot markets have candles of the last price only");
  bourse__kucoin_window(call, interval->length_ns, &since_ns, &until_ns);
  bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "type", interval->native);
  if (since_ns != 0) bourse_put_int(call, "startAt", since_ns / KUCOIN_SECOND + (since_ns % KUCOIN_SECOND > 0));
  if (until_ns != 0) bourse_put_int(call, "endAt", until_ns / KUCOIN_SECOND + (until_ns % KUCOIN_SECOND > 0));
  return BOURSE_OK;
}

/* Open, close, high, low. */
static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("time", TIME_S, bourse_candle, time_ns),
    BOURSE_FIELD_MUST("open", DECIMAL, bourse_candle, open),
    BOURSE_FIELD_MUST("close", DECIMAL, bourse_candle, close),
    BOURSE_FIELD_MUST("high", DECIMAL, bourse_candle, high),
    BOURSE_FIELD_MUST("low", DECIMAL, bourse_candle, low),
    BOURSE_FIELD("volume", DECIMAL, bourse_candle, volume),
    BOURSE_FIELD("turnover", DECIMAL, bourse_candle, quote_volume),
};
static const bourse_table candle_table = BOURSE_TABLE(candle_fields);

int32_t bourse__kucoin_candle_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_candle row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_row(decoder, &candle_table, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.time_ns)) return code;
  bourse_candle *candle = bourse_append(call, BOURSE_KIND_CANDLE);
  if (candle == NULL) return BOURSE_ERROR_MEMORY;
  *candle = row;
  const bourse_interval *interval = bourse_interval_of(BOURSE_ROWS(intervals), call->request->timeframe);
  bourse__kucoin_close_candle(call, candle, interval);
  return BOURSE_OK;
}

void bourse__kucoin_close_candle(const bourse_call *call, bourse_candle *candle, const bourse_interval *interval) {
  if (interval == NULL || candle->time_ns > INT64_MAX - interval->length_ns) return;
  candle->close_time_ns = candle->time_ns + interval->length_ns - KUCOIN_MILLISECOND;
  candle->closed = candle->close_time_ns < call->now_ns ? BOURSE_YES : BOURSE_NO;
}

PARSE(candles) { return bourse__kucoin_rows(call, reply, bourse__kucoin_candle_row); }

/* --- Prices by which margin is valued --- */

static const bourse_field mark_fields[] = {
    BOURSE_FIELD_FULL("symbol", CUSTOM, bourse_ticker, symbol, BOURSE_FIELD_REQUIRED, NULL, bourse__kucoin_read_market),
    KUCOIN_TIME("timePoint", bourse_ticker, time_ns),
    BOURSE_FIELD_MUST("value", DECIMAL, bourse_ticker, mark_price),
};
static const bourse_table mark_table = BOURSE_TABLE(mark_fields);

static int32_t mark_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_ticker row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &mark_table, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.id)) return code;
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  *ticker = row;
  return BOURSE_OK;
}

PARSE(mark_prices) { return bourse__kucoin_rows(call, reply, mark_row); }
