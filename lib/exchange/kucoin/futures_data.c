/* exchange/kucoin/futures_data.c - public market data of futures. Sizes are contracts. */
#include <string.h>

#include "exchange/kucoin/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Tickers: the best prices and the last trade --- */

static const bourse_field ticker_fields[] = {
    BOURSE_FIELD("sequence", INT64, bourse_ticker, update_id),
    BOURSE_FIELD_FULL("symbol", CUSTOM, bourse_ticker, symbol, BOURSE_FIELD_REQUIRED, NULL, bourse__kucoin_read_market),
    BOURSE_FIELD("side", CHECK, bourse_ticker, symbol),
    BOURSE_FIELD("size", DECIMAL, bourse_ticker, last_amount),
    BOURSE_FIELD("tradeId", CHECK, bourse_ticker, symbol),
    BOURSE_FIELD("price", DECIMAL, bourse_ticker, last),
    BOURSE_FIELD("bestBidPrice", DECIMAL, bourse_ticker, bid),
    BOURSE_FIELD("bestBidSize", DECIMAL, bourse_ticker, bid_amount),
    BOURSE_FIELD("bestAskPrice", DECIMAL, bourse_ticker, ask),
    BOURSE_FIELD("bestAskSize", DECIMAL, bourse_ticker, ask_amount),
    KUCOIN_TIME("ts", bourse_ticker, time_ns),
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);

void bourse__kucoin_futures_scale(const bourse_market *market, bourse_decimal *size) {
  bourse_decimal contracts = *size;
  if (PRESENT(contracts)) bourse_from_contracts(market, &contracts, size);
}

static int32_t ticker_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_ticker row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &ticker_table, &row);
  if (code != BOURSE_OK || !bourse__kucoin_futures_is_wanted(call, row.id)) return code;
  const bourse_market *market = bourse__kucoin_futures_market(call, row.id);
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  *ticker = row;
  bourse__kucoin_futures_scale(market, &ticker->last_amount);
  bourse__kucoin_futures_scale(market, &ticker->bid_amount);
  bourse__kucoin_futures_scale(market, &ticker->ask_amount);
  return BOURSE_OK;
}

FUTURES_PARSE(tickers) { return bourse__kucoin_rows(call, reply, ticker_row); }

/* --- Trades: the newest hundred --- */

static const bourse_field trade_fields[] = {
    BOURSE_FIELD("sequence", CHECK, bourse_trade, symbol),
    BOURSE_FIELD_MUST("tradeId", ID, bourse_trade, id),
    BOURSE_FIELD("takerOrderId", CHECK, bourse_trade, symbol),
    BOURSE_FIELD("makerOrderId", CHECK, bourse_trade, symbol),
    BOURSE_FIELD_MUST("price", DECIMAL, bourse_trade, price),
    BOURSE_FIELD_MUST("size", DECIMAL, bourse_trade, contracts),
    BOURSE_FIELD_ENUM("side", bourse_trade, side, bourse__kucoin_sides),
    BOURSE_FIELD_FULL("ts", CUSTOM, bourse_trade, time_ns, BOURSE_FIELD_REQUIRED, NULL, bourse__kucoin_read_time),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

static int32_t trade_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_trade *trade = NULL;
  int32_t code = bourse__kucoin_append_trade(call, decoder, &trade_table, &trade);
  if (trade != NULL) bourse__kucoin_futures_finish_trade(call->market, trade);
  return code;
}

/* On inverse markets the amount is contracts. */
void bourse__kucoin_futures_finish_trade(const bourse_market *market, bourse_trade *trade) {
  trade->aggregated = BOURSE_NO;
  if (market == NULL) return;
  trade->symbol = market->symbol;
  if (market->product == BOURSE_PRODUCT_INVERSE) trade->amount = trade->contracts;
  bourse_from_contracts(market, &trade->contracts, &trade->amount);
  bourse__kucoin_futures_cost(market, &trade->contracts, &trade->price, &trade->cost);
}

FUTURES_PARSE(trades) { return bourse__kucoin_rows(call, reply, trade_row); }

/* --- Candles --- */

static const bourse_interval intervals[] = {
    {"1m", "1", KUCOIN_MINUTE},        {"5m", "5", 5 * KUCOIN_MINUTE},  {"15m", "15", 15 * KUCOIN_MINUTE},
    {"30m", "30", 30 * KUCOIN_MINUTE}, {"1h", "60", KUCOIN_HOUR},       {"2h", "120", 2 * KUCOIN_HOUR},
    {"4h", "240", 4 * KUCOIN_HOUR},    {"8h", "480", 8 * KUCOIN_HOUR},  {"12h", "720", 12 * KUCOIN_HOUR},
    {"1d", "1440", KUCOIN_DAY},        {"1w", "10080", 7 * KUCOIN_DAY},
};

const bourse_interval *bourse__kucoin_futures_intervals(size_t *count) {
  *count = sizeof intervals / sizeof intervals[0];
  return intervals;
}

FUTURES_BUILD(candles) {
  int64_t since_ns, until_ns;
  const bourse_interval *interval = bourse_find_interval(call, BOURSE_ROWS(intervals));
  if (bourse_need_market(call) == NULL || interval == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse__kucoin_window(call, interval->length_ns, &since_ns, &until_ns);
  bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "granularity", interval->native);
  bourse_put_ms(call, "from", since_ns);
  bourse_put_ms(call, "to", until_ns);
  return BOURSE_OK;
}

/* Open, high, low, close: not the order of spot. */
static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("time", TIME_MS, bourse_candle, time_ns),
    BOURSE_FIELD_MUST("open", DECIMAL, bourse_candle, open),
    BOURSE_FIELD_MUST("high", DECIMAL, bourse_candle, high),
    BOURSE_FIELD_MUST("low", DECIMAL, bourse_candle, low),
    BOURSE_FIELD_MUST("close", DECIMAL, bourse_candle, close),
    BOURSE_FIELD("volume", DECIMAL, bourse_candle, volume),
    BOURSE_FIELD("turnover", DECIMAL, bourse_candle, quote_volume),
};
static const bourse_table candle_table = BOURSE_TABLE(candle_fields);

static int32_t candle_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_candle row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_row(decoder, &candle_table, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.time_ns)) return code;
  bourse_candle *candle = bourse_append(call, BOURSE_KIND_CANDLE);
  if (candle == NULL) return BOURSE_ERROR_MEMORY;
  *candle = row;
  bourse__kucoin_futures_scale(call->market, &candle->volume);
  bourse__kucoin_close_candle(call, candle, bourse_interval_of(BOURSE_ROWS(intervals), call->request->timeframe));
  return BOURSE_OK;
}

FUTURES_PARSE(candles) { return bourse__kucoin_rows(call, reply, candle_row); }

/* Of mark price, index and premium: an interface of its own, on the host of spot, with what spot calls the intervals and in
 * which order it tells the prices. What stands for a volume there is none. */
static const bourse_name price_suffixes[] = {{"mark-price", BOURSE_PRICE_MARK},
                                             {"index-price", BOURSE_PRICE_INDEX},
                                             {"premium-index", BOURSE_PRICE_PREMIUM},
                                             {NULL, 0}};

FUTURES_BUILD(price_candles) {
  size_t count;
  int64_t since_ns, until_ns;
  const bourse_interval *spot_intervals = bourse__kucoin_spot_intervals(&count);
  const bourse_interval *interval = bourse_find_interval(call, spot_intervals, count);
  if (bourse_need_market(call) == NULL || interval == NULL) return BOURSE_ERROR_ARGUMENT;
  char *symbol = bourse_arena_format(call->arena, "%s-%s", call->market->id,
                                     bourse_name_text(price_suffixes, call->request->price_kind));
  if (symbol == NULL) return bourse_fail_memory(call);
  bourse__kucoin_window(call, interval->length_ns, &since_ns, &until_ns);
  if (until_ns == 0) until_ns = call->now_ns;
  bourse_put(call, "tradeType", "FUTURES");
  bourse_put(call, "symbol", symbol);
  bourse_put(call, "interval", interval->native);
  if (since_ns != 0) bourse_put_int(call, "startAt", since_ns / KUCOIN_SECOND + (since_ns % KUCOIN_SECOND > 0));
  bourse_put_int(call, "endAt", until_ns / KUCOIN_SECOND + (until_ns % KUCOIN_SECOND > 0));
  return BOURSE_OK;
}

FUTURES_PARSE(price_candles) {
  int32_t code = bourse__kucoin_list(call, reply, "list", bourse__kucoin_candle_row);
  for (uint32_t i = 0; code == BOURSE_OK && i < bourse_appended(call); i++) {
    bourse_candle *candle = bourse_appended_at(call, i);
    memset(&candle->volume, 0, sizeof candle->volume);
    memset(&candle->quote_volume, 0, sizeof candle->quote_volume);
  }
  return code;
}

/* --- Mark price and funding --- */

static const bourse_field mark_fields[] = {
    BOURSE_FIELD_MUST("value", DECIMAL, bourse_ticker, mark_price),
    BOURSE_FIELD("indexPrice", DECIMAL, bourse_ticker, index_price),
    KUCOIN_TIME("timePoint", bourse_ticker, time_ns),
};
static const bourse_table mark_table = BOURSE_TABLE(mark_fields);

FUTURES_PARSE(mark_price) {
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  if (call->market != NULL) {
    ticker->symbol = call->market->symbol;
    ticker->id = call->market->id;
  }
  return bourse__kucoin_object(call, reply, &mark_table, ticker);
}

typedef struct rate_row {
  bourse_funding_rate rate;
  int64_t granularity_ms;
  int64_t begin_ns;
} rate_row;

static const bourse_field rate_fields[] = {
    BOURSE_FIELD("symbol", CHECK, rate_row, rate), /* that of the rate */
    BOURSE_FIELD("granularity", INT64, rate_row, granularity_ms),
    KUCOIN_TIME("timePoint", rate_row, begin_ns),
    BOURSE_FIELD_MUST("value", DECIMAL, rate_row, rate.rate),
    KUCOIN_TIME("fundingTime", rate_row, rate.next_time_ns),
    BOURSE_FIELD("fundingRateCap", DECIMAL, rate_row, rate.rate_max),
    BOURSE_FIELD("fundingRateFloor", DECIMAL, rate_row, rate.rate_min),
};
static const bourse_table rate_table = BOURSE_TABLE(rate_fields);

static void name_rate(const bourse_call *call, bourse_funding_rate *rate) {
  const bourse_market *market = bourse__kucoin_futures_only(call);
  if (market == NULL) return;
  rate->symbol = market->symbol;
  rate->id = market->id;
}

FUTURES_PARSE(funding_rate) {
  rate_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_object(call, reply, &rate_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_funding_rate *rate = bourse_append(call, BOURSE_KIND_FUNDING_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  *rate = row.rate;
  name_rate(call, rate);
  rate->time_ns = row.begin_ns;
  if (row.granularity_ms > 0 && row.granularity_ms < 864000000) {
    rate->interval_ns = row.granularity_ms * KUCOIN_MILLISECOND;
    if (rate->next_time_ns == 0 && row.begin_ns > 0) rate->next_time_ns = row.begin_ns + rate->interval_ns;
  }
  return BOURSE_OK;
}

/* A span of time must be given. */
FUTURES_BUILD(funding_history) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  int64_t until_ns = call->until_ns != 0 ? call->until_ns : call->now_ns;
  int64_t since_ns = call->since_ns != 0 ? call->since_ns : until_ns - 30 * KUCOIN_DAY;
  bourse_put(call, "symbol", market->id);
  bourse_put_ms(call, "from", since_ns);
  bourse_put_ms(call, "to", until_ns);
  return BOURSE_OK;
}

static const bourse_field past_fields[] = {
    KUCOIN_MARKET("symbol", bourse_funding_rate, symbol),
    BOURSE_FIELD_MUST("fundingRate", DECIMAL, bourse_funding_rate, rate),
    BOURSE_FIELD_FULL("timepoint", CUSTOM, bourse_funding_rate, time_ns, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_time),
};
static const bourse_table past_table = BOURSE_TABLE(past_fields);

static int32_t past_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_funding_rate row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &past_table, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.time_ns)) return code;
  bourse_funding_rate *rate = bourse_append(call, BOURSE_KIND_FUNDING_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  *rate = row;
  return BOURSE_OK;
}

FUTURES_PARSE(funding_history) { return bourse__kucoin_rows(call, reply, past_row); }

/* --- Open interest of the past, on the host of spot --- */

static const bourse_interval interest_intervals[] = {
    {"5m", "5min", 5 * KUCOIN_MINUTE}, {"15m", "15min", 15 * KUCOIN_MINUTE}, {"30m", "30min", 30 * KUCOIN_MINUTE},
    {"1h", "1hour", KUCOIN_HOUR},      {"4h", "4hour", 4 * KUCOIN_HOUR},     {"1d", "1day", KUCOIN_DAY},
};

/* The newest come first, so what is wanted from a time on has an end. */
FUTURES_BUILD(interest_history) {
  int64_t since_ns, until_ns;
  const char *timeframe = call->request->timeframe == NULL ? "1h" : call->request->timeframe;
  const bourse_interval *interval = bourse_named_interval(call, BOURSE_ROWS(interest_intervals), timeframe);
  if (bourse_need_market(call) == NULL || interval == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse__kucoin_window(call, interval->length_ns, &since_ns, &until_ns);
  bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "interval", interval->native);
  if (call->since_ns != 0) bourse_put_ms(call, "startAt", since_ns);
  if (call->since_ns != 0 || call->until_ns != 0) bourse_put_ms(call, "endAt", until_ns);
  bourse_put_uint(call, "pageSize", call->limit);
  return BOURSE_OK;
}

static const bourse_field interest_fields[] = {
    BOURSE_FIELD("symbol", CHECK, bourse_open_interest, symbol),
    BOURSE_FIELD_MUST("openInterest", DECIMAL, bourse_open_interest, contracts),
    BOURSE_FIELD_FULL("ts", CUSTOM, bourse_open_interest, time_ns, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_time),
};
static const bourse_table interest_table = BOURSE_TABLE(interest_fields);

static int32_t interest_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_open_interest row;
  const bourse_market *market = call->market;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &interest_table, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.time_ns)) return code;
  bourse_open_interest *interest = bourse_append(call, BOURSE_KIND_OPEN_INTEREST);
  if (interest == NULL) return BOURSE_ERROR_MEMORY;
  *interest = row;
  if (market == NULL) return BOURSE_OK;
  interest->symbol = market->symbol;
  interest->id = market->id;
  if (market->product == BOURSE_PRODUCT_INVERSE)
    bourse_decimal_mul(&interest->value, &interest->contracts, &market->contract_size);
  else
    bourse_from_contracts(market, &interest->contracts, &interest->amount);
  return BOURSE_OK;
}

FUTURES_PARSE(interest_history) { return bourse__kucoin_rows(call, reply, interest_row); }
