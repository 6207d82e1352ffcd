/* exchange/binance/data.c - public market data. */
#include <inttypes.h>
#include <string.h>

#include "exchange/binance/binance.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Time and status --- */

static const bourse_field time_fields[] = {BOURSE_FIELD_MUST("serverTime", TIME_MS, bourse_server_time, time_ns)};
static const bourse_table time_table = BOURSE_TABLE(time_fields);

PARSE(time) {
  bourse_server_time *time = bourse_append(call, BOURSE_KIND_SERVER_TIME);
  return time == NULL ? BOURSE_ERROR_MEMORY : bourse_read_object(call, reply, &time_table, time);
}

static const bourse_name system_words[] = {{"0", BOURSE_SYSTEM_NORMAL}, {"1", BOURSE_SYSTEM_MAINTENANCE}, {NULL, 0}};
static const bourse_field status_fields[] = {
    BOURSE_FIELD_FULL("status", ENUM, bourse_system_status, status, BOURSE_FIELD_REQUIRED, system_words, NULL),
    BOURSE_FIELD("msg", STRING, bourse_system_status, message),
};
static const bourse_table status_table = BOURSE_TABLE(status_fields);

PARSE(status) {
  bourse_system_status *status = bourse_append(call, BOURSE_KIND_SYSTEM_STATUS);
  if (status == NULL) return BOURSE_ERROR_MEMORY;
  status->time_ns = call->now_ns;
  return bourse_read_object(call, reply, &status_table, status);
}

/* Where there is no status to ask for, an answer to ping says that it works. */
PARSE(ping) {
  static const bourse_table nothing = {NULL, 0};
  bourse_system_status *status = bourse_append(call, BOURSE_KIND_SYSTEM_STATUS);
  if (status == NULL) return BOURSE_ERROR_MEMORY;
  status->status = BOURSE_SYSTEM_NORMAL;
  status->time_ns = call->now_ns;
  return bourse_read_object(call, reply, &nothing, status);
}

/* --- Tickers --- */

/* 24hr, bookTicker and price together. */
static const bourse_field ticker_fields[] = {
    BINANCE_MARKET(bourse_ticker, symbol),
    BOURSE_FIELD("priceChange", DECIMAL, bourse_ticker, change),
    BOURSE_FIELD("priceChangePercent", DECIMAL, bourse_ticker, percent),
    BOURSE_FIELD("weightedAvgPrice", DECIMAL, bourse_ticker, vwap),
    BOURSE_FIELD("prevClosePrice", DECIMAL, bourse_ticker, previous_close),
    BOURSE_FIELD("lastPrice", DECIMAL, bourse_ticker, last),
    BOURSE_FIELD("lastQty", DECIMAL, bourse_ticker, last_amount),
    BOURSE_FIELD("bidPrice", DECIMAL, bourse_ticker, bid),
    BOURSE_FIELD("bidQty", DECIMAL, bourse_ticker, bid_amount),
    BOURSE_FIELD("askPrice", DECIMAL, bourse_ticker, ask),
    BOURSE_FIELD("askQty", DECIMAL, bourse_ticker, ask_amount),
    BOURSE_FIELD("openPrice", DECIMAL, bourse_ticker, open),
    BOURSE_FIELD("highPrice", DECIMAL, bourse_ticker, high),
    BOURSE_FIELD("lowPrice", DECIMAL, bourse_ticker, low),
    BOURSE_FIELD("volume", DECIMAL, bourse_ticker, base_volume),
    BOURSE_FIELD("quoteVolume", DECIMAL, bourse_ticker, quote_volume),
    BOURSE_FIELD("openTime", TIME_MS, bourse_ticker, open_time_ns),
    BOURSE_FIELD("closeTime", TIME_MS, bourse_ticker, time_ns),
    BOURSE_FIELD("count", INT64, bourse_ticker, trade_count),
    BOURSE_FIELD("price", DECIMAL, bourse_ticker, last),
    BOURSE_FIELD("time", TIME_MS, bourse_ticker, time_ns),
    BOURSE_FIELD("lastUpdateId", INT64, bourse_ticker, update_id),
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);

/* COIN-M counts volume in contracts. */
static const bourse_field inverse_ticker_fields[] = {
    BINANCE_MARKET(bourse_ticker, symbol),
    BOURSE_FIELD("priceChange", DECIMAL, bourse_ticker, change),
    BOURSE_FIELD("priceChangePercent", DECIMAL, bourse_ticker, percent),
    BOURSE_FIELD("weightedAvgPrice", DECIMAL, bourse_ticker, vwap),
    BOURSE_FIELD("lastPrice", DECIMAL, bourse_ticker, last),
    BOURSE_FIELD("lastQty", DECIMAL, bourse_ticker, last_amount),
    BOURSE_FIELD("openPrice", DECIMAL, bourse_ticker, open),
    BOURSE_FIELD("highPrice", DECIMAL, bourse_ticker, high),
    BOURSE_FIELD("lowPrice", DECIMAL, bourse_ticker, low),
    BOURSE_FIELD("volume", DECIMAL, bourse_ticker, contracts_volume),
    BOURSE_FIELD("baseVolume", DECIMAL, bourse_ticker, base_volume),
    BOURSE_FIELD("openTime", TIME_MS, bourse_ticker, open_time_ns),
    BOURSE_FIELD("closeTime", TIME_MS, bourse_ticker, time_ns),
    BOURSE_FIELD("count", INT64, bourse_ticker, trade_count),
    BOURSE_FIELD("bidPrice", DECIMAL, bourse_ticker, bid),
    BOURSE_FIELD("bidQty", DECIMAL, bourse_ticker, bid_amount),
    BOURSE_FIELD("askPrice", DECIMAL, bourse_ticker, ask),
    BOURSE_FIELD("askQty", DECIMAL, bourse_ticker, ask_amount),
    BOURSE_FIELD("price", DECIMAL, bourse_ticker, last),
    BOURSE_FIELD("time", TIME_MS, bourse_ticker, time_ns),
    BOURSE_FIELD("lastUpdateId", INT64, bourse_ticker, update_id),
};
static const bourse_table inverse_ticker_table = BOURSE_TABLE(inverse_ticker_fields);

/* 2 for up to 20 markets, 40 for up to 100, 80 for more. */
BUILD(tickers) {
  if (call->market_count == 0 || call->market_count > 100) return BOURSE_OK;
  bourse_set_weight(call, call->market_count <= 20 ? 2 : 40);
  bourse__binance_put_symbols(call);
  return BOURSE_OK;
}

BUILD(bids_asks) {
  if (!bourse_is_futures(call)) {
    if (call->market_count > 0 && call->market_count <= 100) bourse__binance_put_symbols(call);
  } else if (call->market_count == 1) {
    bourse_set_weight(call, 2);
    bourse_put(call, "symbol", call->markets[0]->id);
  }
  return BOURSE_OK;
}

static int32_t ticker_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  int32_t inverse = call->product == BOURSE_PRODUCT_INVERSE;
  int32_t code = bourse_decode_object(decoder, inverse ? &inverse_ticker_table : &ticker_table, ticker);
  if (code == BOURSE_OK && !bourse_is_wanted(call, ticker->id)) bourse_truncate(call, bourse_appended(call) - 1);
  return code;
}

PARSE(tickers) { return bourse_read_rows(call, reply, ticker_row); }

/* --- Order book --- */

typedef struct book_reply {
  int64_t sequence;
  int64_t time_ns;
  bourse_level_list bids;
  bourse_level_list asks;
} book_reply;

static const bourse_field book_fields[] = {
    BOURSE_FIELD_MUST("lastUpdateId", INT64, book_reply, sequence),
    BOURSE_FIELD("T", TIME_MS, book_reply, time_ns),
    BOURSE_FIELD_CUSTOM("bids", book_reply, bids, bourse_decode_level_list),
    BOURSE_FIELD_CUSTOM("asks", book_reply, asks, bourse_decode_level_list),
};
static const bourse_table book_table = BOURSE_TABLE(book_fields);

/* Spot: any depth up to 5000. Futures: one of a few. */
BUILD(depth) {
  static const uint32_t futures_limits[] = {5, 10, 20, 50, 100, 500, 1000};
  uint32_t limit = call->limit;
  int32_t code = bourse__binance_put_symbol(call);
  if (code != BOURSE_OK) return code;
  if (!bourse_is_futures(call)) {
    if (limit > 5000)
      return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "limit", "limit is %" PRIu32 "; 1 to 5000 are allowed", limit);
    bourse_set_weight(call, limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250);
  } else {
    int32_t known = limit == 0;
    for (size_t i = 0; i < sizeof futures_limits / sizeof futures_limits[0]; i++) known |= futures_limits[i] == limit;
    if (!known)
      return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "limit",
                         "limit is %" PRIu32 "; allowed on futures: 5, 10, 20, 50, 100, 500, 1000", limit);
    bourse_set_weight(call, limit == 0 || limit == 500 ? 10 : limit <= 50 ? 2 : limit == 100 ? 5 : 20);
  }
  bourse_put_uint(call, "limit", limit);
  return BOURSE_OK;
}

PARSE(depth) {
  book_reply wire;
  memset(&wire, 0, sizeof wire);
  int32_t code = bourse_read_object(call, reply, &book_table, &wire);
  if (code != BOURSE_OK) return code;
  bourse_order_book *book = bourse_append_book(call, &wire.bids, &wire.asks);
  if (book == NULL) return BOURSE_ERROR_MEMORY;
  book->sequence = wire.sequence;
  book->time_ns = wire.time_ns;
  return BOURSE_OK;
}

/* --- Trades --- */

typedef struct trade_row {
  bourse_trade trade;
  const char *aggregate_id;
  int32_t buyer_is_maker;
} trade_row;

/* aggTrades by letters, trades by names. */
static const bourse_field trade_fields[] = {
    BOURSE_FIELD("a", ID, trade_row, aggregate_id),
    BOURSE_FIELD("p", DECIMAL, trade_row, trade.price),
    BOURSE_FIELD("q", DECIMAL, trade_row, trade.amount),
    BOURSE_FIELD("f", ID, trade_row, trade.first_id),
    BOURSE_FIELD("l", ID, trade_row, trade.last_id),
    BOURSE_FIELD("T", TIME_MS, trade_row, trade.time_ns),
    BOURSE_FIELD("m", BOOL, trade_row, buyer_is_maker),
    BOURSE_FIELD("id", ID, trade_row, trade.id),
    BOURSE_FIELD("price", DECIMAL, trade_row, trade.price),
    BOURSE_FIELD("qty", DECIMAL, trade_row, trade.amount),
    BOURSE_FIELD("quoteQty", DECIMAL, trade_row, trade.cost),
    BOURSE_FIELD("time", TIME_MS, trade_row, trade.time_ns),
    BOURSE_FIELD("isBuyerMaker", BOOL, trade_row, buyer_is_maker),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

/* From a time on: an hour at most. */
BUILD(trades) {
  int32_t code = bourse__binance_put_symbol(call);
  if (code != BOURSE_OK) return code;
  bourse_put_ms(call, "startTime", call->since_ns);
  bourse_put_ms(call, "endTime",
                call->until_ns != 0 || call->since_ns == 0 ? call->until_ns : call->since_ns + BINANCE_HOUR);
  bourse_put_uint(call, "limit", call->limit);
  return BOURSE_OK;
}

BUILD(old_trades) {
  if (call->since_ns != 0 || call->until_ns != 0)
    return bourse_unsupported(call, call->since_ns != 0 ? "since_ns" : "until_ns",
                              "single trades are not found by time; use aggregated ones");
  int32_t code = bourse__binance_put_symbol(call);
  bourse_put_uint(call, "limit", call->limit);
  return code;
}

static int32_t trade_row_read(bourse_call *call, bourse_decoder *decoder) {
  trade_row wire;
  memset(&wire, 0, sizeof wire);
  int32_t code = bourse_decode_object(decoder, &trade_table, &wire);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, PRESENT(wire.trade.price), "price");
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, PRESENT(wire.trade.amount), "quantity");
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, wire.trade.time_ns != 0, "time");
  if (code != BOURSE_OK) return code;
  bourse_trade *trade = bourse_append(call, BOURSE_KIND_TRADE);
  if (trade == NULL) return BOURSE_ERROR_MEMORY;
  *trade = wire.trade;
  trade->symbol = call->market == NULL ? NULL : call->market->symbol;
  trade->aggregated = wire.aggregate_id != NULL ? BOURSE_YES : BOURSE_NO;
  if (wire.aggregate_id != NULL) trade->id = wire.aggregate_id;
  trade->side = wire.buyer_is_maker == 0 ? 0 : wire.buyer_is_maker > 0 ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  if (bourse_is_futures(call)) trade->contracts = trade->amount;
  if (call->product == BOURSE_PRODUCT_INVERSE) {
    if (call->market != NULL) bourse_decimal_mul(&trade->cost, &trade->contracts, &call->market->contract_size);
  } else if (!bourse_decimal_is_present(&trade->cost)) {
    bourse_decimal_mul(&trade->cost, &trade->price, &trade->amount);
  }
  return BOURSE_OK;
}

PARSE(trades) { return bourse_read_rows(call, reply, trade_row_read); }

/* --- Candles --- */

const bourse_interval bourse__binance_intervals[BINANCE_INTERVAL_COUNT] = {
    {"1s", NULL, BINANCE_SECOND},       {"1m", NULL, 60 * BINANCE_SECOND},   {"3m", NULL, 180 * BINANCE_SECOND},
    {"5m", NULL, 300 * BINANCE_SECOND}, {"15m", NULL, 900 * BINANCE_SECOND}, {"30m", NULL, 1800 * BINANCE_SECOND},
    {"1h", NULL, BINANCE_HOUR},         {"2h", NULL, 2 * BINANCE_HOUR},      {"4h", NULL, 4 * BINANCE_HOUR},
    {"6h", NULL, 6 * BINANCE_HOUR},     {"8h", NULL, 8 * BINANCE_HOUR},      {"12h", NULL, 12 * BINANCE_HOUR},
    {"1d", NULL, BINANCE_DAY},          {"3d", NULL, 3 * BINANCE_DAY},       {"1w", NULL, 7 * BINANCE_DAY},
    {"1M", NULL, 31 * BINANCE_DAY},
};

/* With both ends given COIN-M answers the newest rows before the end, so the end is that of this page. */
BUILD(candles) {
  const bourse_market *market = bourse_need_market(call);
  const bourse_interval *interval =
      market == NULL ? NULL : bourse_find_interval(call, BINANCE_INTERVALS(call->product));
  if (interval == NULL) return BOURSE_ERROR_ARGUMENT;
  uint32_t limit = call->limit == 0 ? 500 : call->limit;
  int64_t until_ns = call->until_ns;
  if (call->product == BOURSE_PRODUCT_INVERSE && call->since_ns != 0) {
    int64_t page_end_ns = call->since_ns + (int64_t)limit * interval->length_ns - BINANCE_MILLISECOND;
    if (call->endpoint->span_max_ns < page_end_ns - call->since_ns)
      page_end_ns = call->since_ns + call->endpoint->span_max_ns;
    if (until_ns == 0 || until_ns > page_end_ns) until_ns = page_end_ns;
  }
  if (strstr(call->endpoint->path, "/continuousKlines") != NULL) {
    bourse_put(call, "pair", market->pair);
    bourse_put(call, "contractType", "PERPETUAL");
  } else {
    int32_t of_pair = call->endpoint->variant == BINANCE_INDEX;
    bourse_put(call, of_pair ? "pair" : "symbol", of_pair ? market->pair : market->id);
  }
  bourse_put(call, "interval", call->request->timeframe);
  bourse_put_ms(call, "startTime", call->since_ns);
  bourse_put_ms(call, "endTime", until_ns);
  bourse_put_uint(call, "limit", call->limit);
  if (bourse_is_futures(call)) bourse_set_weight(call, limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1000 ? 5 : 10);
  return BOURSE_OK;
}

static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("open time", TIME_MS, bourse_candle, time_ns),
    BOURSE_FIELD_MUST("open", DECIMAL, bourse_candle, open),
    BOURSE_FIELD_MUST("high", DECIMAL, bourse_candle, high),
    BOURSE_FIELD_MUST("low", DECIMAL, bourse_candle, low),
    BOURSE_FIELD_MUST("close", DECIMAL, bourse_candle, close),
    BOURSE_FIELD_MUST("volume", DECIMAL, bourse_candle, volume),
    BOURSE_FIELD_MUST("close time", TIME_MS, bourse_candle, close_time_ns),
    BOURSE_FIELD("quote volume", DECIMAL, bourse_candle, quote_volume),
    BOURSE_FIELD("trades", INT64, bourse_candle, trade_count),
    BOURSE_FIELD("taker volume", DECIMAL, bourse_candle, taker_volume),
    BOURSE_FIELD("taker quote volume", DECIMAL, bourse_candle, taker_quote_volume),
};
static const bourse_table candle_table = BOURSE_TABLE(candle_fields);

/* Mark, index and premium prices have no volume; what stands in its place means nothing. */
static const bourse_field index_candle_fields[] = {
    BOURSE_FIELD_MUST("open time", TIME_MS, bourse_candle, time_ns),
    BOURSE_FIELD_MUST("open", DECIMAL, bourse_candle, open),
    BOURSE_FIELD_MUST("high", DECIMAL, bourse_candle, high),
    BOURSE_FIELD_MUST("low", DECIMAL, bourse_candle, low),
    BOURSE_FIELD_MUST("close", DECIMAL, bourse_candle, close),
    BOURSE_FIELD_SKIP,
    BOURSE_FIELD_MUST("close time", TIME_MS, bourse_candle, close_time_ns),
};
static const bourse_table index_candle_table = BOURSE_TABLE(index_candle_fields);

static int32_t read_candle(bourse_call *call, bourse_decoder *decoder, const bourse_table *table) {
  bourse_candle *candle = bourse_append(call, BOURSE_KIND_CANDLE);
  if (candle == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse_decode_row(decoder, table, candle);
  candle->closed = candle->close_time_ns < call->now_ns ? BOURSE_YES : BOURSE_NO;
  return code;
}

static int32_t candle_row(bourse_call *call, bourse_decoder *decoder) {
  return read_candle(call, decoder, &candle_table);
}
static int32_t index_candle_row(bourse_call *call, bourse_decoder *decoder) {
  return read_candle(call, decoder, &index_candle_table);
}

/* An array of arrays: never a single row. */
static int32_t parse_candles(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  bourse_decoder decoder;
  bourse_decode_reply(call, &decoder, reply);
  int32_t code = bourse_read_array(call, &decoder, "candles", row);
  return code != BOURSE_OK && decoder.error == BOURSE_OK ? code : bourse_decode_end(call, &decoder);
}

PARSE(candles) { return parse_candles(call, reply, candle_row); }
PARSE(index_candles) { return parse_candles(call, reply, index_candle_row); }

/* --- Mark price and funding --- */

static const bourse_field mark_fields[] = {
    BINANCE_MARKET(bourse_ticker, symbol),
    BOURSE_FIELD("markPrice", DECIMAL, bourse_ticker, mark_price),
    BOURSE_FIELD("indexPrice", DECIMAL, bourse_ticker, index_price),
    BOURSE_FIELD("time", TIME_MS, bourse_ticker, time_ns),
};
static const bourse_table mark_table = BOURSE_TABLE(mark_fields);

/* premiumIndex and, with fundingTime, fundingRate. */
static const bourse_field funding_fields[] = {
    BINANCE_MARKET(bourse_funding_rate, symbol),
    BOURSE_FIELD("markPrice", DECIMAL, bourse_funding_rate, mark_price),
    BOURSE_FIELD("indexPrice", DECIMAL, bourse_funding_rate, index_price),
    BOURSE_FIELD("estimatedSettlePrice", DECIMAL, bourse_funding_rate, settle_price),
    BOURSE_FIELD("lastFundingRate", DECIMAL, bourse_funding_rate, rate),
    BOURSE_FIELD("interestRate", DECIMAL, bourse_funding_rate, interest_rate),
    BOURSE_FIELD("nextFundingTime", TIME_MS, bourse_funding_rate, next_time_ns),
    BOURSE_FIELD("time", TIME_MS, bourse_funding_rate, time_ns),
    BOURSE_FIELD("fundingTime", TIME_MS, bourse_funding_rate, time_ns),
    BOURSE_FIELD("fundingRate", DECIMAL, bourse_funding_rate, rate),
    BOURSE_FIELD("rateType", STRING, bourse_funding_rate, kind),
};
static const bourse_table funding_table = BOURSE_TABLE(funding_fields);

typedef struct interval_row {
  bourse_funding_rate rate;
  int64_t hours;
} interval_row;

static const bourse_field interval_fields[] = {
    BINANCE_MARKET(bourse_funding_rate, symbol),
    BOURSE_FIELD("adjustedFundingRateCap", DECIMAL, bourse_funding_rate, rate_max),
    BOURSE_FIELD("adjustedFundingRateFloor", DECIMAL, bourse_funding_rate, rate_min),
    BOURSE_FIELD_MUST("fundingIntervalHours", INT64, interval_row, hours),
    BOURSE_FIELD("updateTime", TIME_MS, bourse_funding_rate, time_ns),
};
static const bourse_table interval_table = BOURSE_TABLE(interval_fields);

BUILD(mark_prices) {
  if (call->market == NULL) return BOURSE_OK;
  bourse_set_weight(call, 1);
  return bourse__binance_put_symbol(call);
}

BUILD(funding_rate_history) {
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  bourse_put_range(call, "startTime", "endTime", "limit");
  return BOURSE_OK;
}

static int32_t mark_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse_decode_object(decoder, &mark_table, ticker);
  if (code == BOURSE_OK && !bourse_is_wanted(call, ticker->id)) bourse_truncate(call, bourse_appended(call) - 1);
  return code;
}

/* Dated futures are in the list too, without a rate. */
static int32_t funding_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_funding_rate *rate = bourse_append(call, BOURSE_KIND_FUNDING_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse_decode_object(decoder, &funding_table, rate);
  int32_t dated = call->operation == BOURSE_OP_FETCH_FUNDING_RATES && !bourse_decimal_is_present(&rate->rate);
  if (code == BOURSE_OK && (dated || !bourse_is_wanted(call, rate->id)))
    bourse_truncate(call, bourse_appended(call) - 1);
  return code;
}

static int32_t interval_row_read(bourse_call *call, bourse_decoder *decoder) {
  interval_row wire;
  memset(&wire, 0, sizeof wire);
  int32_t code = bourse_decode_object(decoder, &interval_table, &wire);
  if (code != BOURSE_OK || !bourse_is_wanted(call, wire.rate.id)) return code;
  bourse_funding_rate *rate = bourse_append(call, BOURSE_KIND_FUNDING_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  *rate = wire.rate;
  if (wire.hours > 0 && wire.hours < 100000) rate->interval_ns = wire.hours * BINANCE_HOUR;
  return BOURSE_OK;
}

PARSE(mark_prices) { return bourse_read_rows(call, reply, mark_row); }
PARSE(funding_rates) { return bourse_read_rows(call, reply, funding_row); }
PARSE(funding_intervals) { return bourse_read_rows(call, reply, interval_row_read); }

/* --- Open interest --- */

/* USD-M in base units, which are its contracts; COIN-M in contracts. History: its value in base units on COIN-M. */
typedef struct interest_row {
  bourse_open_interest interest;
  const char *pair;
  bourse_decimal open;
  bourse_decimal value;
} interest_row;

static const bourse_field interest_fields[] = {
    BOURSE_FIELD_CUSTOM("symbol", bourse_open_interest, symbol, bourse_decode_market),
    BOURSE_FIELD("pair", STRING, interest_row, pair),
    BOURSE_FIELD("openInterest", DECIMAL, interest_row, open),
    BOURSE_FIELD("sumOpenInterest", DECIMAL, interest_row, open),
    BOURSE_FIELD("sumOpenInterestValue", DECIMAL, interest_row, value),
    BOURSE_FIELD("time", TIME_MS, interest_row, interest.time_ns),
    BOURSE_FIELD("timestamp", TIME_MS, interest_row, interest.time_ns),
};
static const bourse_table interest_table = BOURSE_TABLE(interest_fields);

BUILD(open_interest_history) {
  static const bourse_interval periods[] = {
      {"5m", NULL, 300 * BINANCE_SECOND}, {"15m", NULL, 900 * BINANCE_SECOND}, {"30m", NULL, 1800 * BINANCE_SECOND},
      {"1h", NULL, BINANCE_HOUR},         {"2h", NULL, 2 * BINANCE_HOUR},      {"4h", NULL, 4 * BINANCE_HOUR},
      {"6h", NULL, 6 * BINANCE_HOUR},     {"12h", NULL, 12 * BINANCE_HOUR},    {"1d", NULL, BINANCE_DAY},
  };
  const bourse_market *market = bourse_need_market(call);
  const char *wanted = call->request->timeframe == NULL ? "5m" : call->request->timeframe;
  const bourse_interval *period = market == NULL ? NULL : bourse_named_interval(call, BOURSE_ROWS(periods), wanted);
  if (period == NULL) return BOURSE_ERROR_ARGUMENT;
  int64_t until_ns = call->until_ns;
  if (call->since_ns != 0 && until_ns == 0)
    until_ns = call->since_ns + period->length_ns * (call->limit == 0 ? 30 : (int64_t)call->limit);
  if (call->product == BOURSE_PRODUCT_INVERSE) {
    if (market->perpetual < 0)
      return bourse_unsupported(call, "symbol", "open interest of dated COIN-M futures has no history by market");
    bourse_put(call, "pair", market->pair);
    bourse_put(call, "contractType", "PERPETUAL");
  } else {
    bourse_put(call, "symbol", market->id);
  }
  bourse_put(call, "period", period->timeframe);
  bourse_put_ms(call, "startTime", call->since_ns);
  bourse_put_ms(call, "endTime", until_ns);
  bourse_put_uint(call, "limit", call->limit);
  return BOURSE_OK;
}

static int32_t interest_row_read(bourse_call *call, bourse_decoder *decoder) {
  interest_row wire;
  memset(&wire, 0, sizeof wire);
  int32_t code = bourse_decode_object(decoder, &interest_table, &wire);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, PRESENT(wire.open), "openInterest");
  if (code != BOURSE_OK) return code;
  bourse_open_interest *interest = bourse_append(call, BOURSE_KIND_OPEN_INTEREST);
  if (interest == NULL) return BOURSE_ERROR_MEMORY;
  *interest = wire.interest;
  if (interest->id == NULL && call->market != NULL) {
    interest->symbol = call->market->symbol;
    interest->id = call->market->id;
  }
  interest->contracts = wire.open;
  if (call->product == BOURSE_PRODUCT_INVERSE) {
    interest->amount = wire.value;
    if (call->market != NULL) bourse_decimal_mul(&interest->value, &wire.open, &call->market->contract_size);
  } else {
    interest->amount = wire.open;
    interest->value = wire.value;
  }
  return BOURSE_OK;
}

PARSE(open_interest) { return bourse_read_rows(call, reply, interest_row_read); }

/* --- Leverage tiers --- */

/* COIN-M states them in base units ("qty"), USD-M in quote units ("notional"). */
static const bourse_field tier_fields[] = {
    BOURSE_FIELD("bracket", INT32, bourse_leverage_tier, tier),
    BOURSE_FIELD("initialLeverage", DECIMAL, bourse_leverage_tier, leverage_max),
    BOURSE_FIELD("notionalCap", DECIMAL, bourse_leverage_tier, notional_max),
    BOURSE_FIELD("notionalFloor", DECIMAL, bourse_leverage_tier, notional_min),
    BOURSE_FIELD("qtyCap", DECIMAL, bourse_leverage_tier, notional_max),
    BOURSE_FIELD("qtylFloor", DECIMAL, bourse_leverage_tier, notional_min),
    BOURSE_FIELD("qtyFloor", DECIMAL, bourse_leverage_tier, notional_min),
    BOURSE_FIELD("maintMarginRatio", DECIMAL, bourse_leverage_tier, maintenance_rate),
    BOURSE_FIELD("cum", DECIMAL, bourse_leverage_tier, maintenance_amount),
};
static const bourse_table tier_table = BOURSE_TABLE(tier_fields);

static int32_t tier_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_leverage_tier *tier = bourse_append(call, BOURSE_KIND_LEVERAGE_TIER);
  return tier == NULL ? BOURSE_ERROR_MEMORY : bourse_decode_object(decoder, &tier_table, tier);
}

static int32_t read_tiers(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "brackets", tier_row);
}

static const bourse_field tiers_fields[] = {
    BINANCE_MARKET(bourse_leverage_tier, symbol),
    BOURSE_FIELD_FULL("brackets", CUSTOM, bourse_leverage_tier, tier, BOURSE_FIELD_REQUIRED, NULL, read_tiers),
};
static const bourse_table tiers_table = BOURSE_TABLE(tiers_fields);

static int32_t tiers_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_leverage_tier market;
  memset(&market, 0, sizeof market);
  uint32_t first = bourse_appended(call);
  int32_t code = bourse_decode_object(decoder, &tiers_table, &market);
  if (code != BOURSE_OK) return code;
  if (!bourse_is_wanted(call, market.id)) bourse_truncate(call, first);
  for (uint32_t i = first; i < bourse_appended(call); i++) {
    bourse_leverage_tier *tier = bourse_appended_at(call, i);
    tier->symbol = market.symbol;
    tier->id = market.id;
  }
  return BOURSE_OK;
}

PARSE(leverage_tiers) { return bourse_read_rows(call, reply, tiers_row); }
