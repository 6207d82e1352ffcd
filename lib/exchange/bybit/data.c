/* exchange/bybit/data.c - public market data. */
#include <inttypes.h>
#include <string.h>

#include "exchange/bybit/bybit.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Time and status --- */

static const bourse_field time_fields[] = {BOURSE_FIELD_MUST("timeNano", TIME_NS, bourse_server_time, time_ns)};
static const bourse_table time_table = BOURSE_TABLE(time_fields);

PARSE(time) {
  bourse_server_time *time = bourse_append(call, BOURSE_KIND_SERVER_TIME);
  return time == NULL ? BOURSE_ERROR_MEMORY : bourse__bybit_object(call, reply, &time_table, time);
}

/* Maintenance is announced: what is going on now tells the status. */
typedef struct event_row {
  const char *title;
  bourse_slice state;
} event_row;

static const bourse_field event_fields[] = {
    BOURSE_FIELD("title", STRING, event_row, title),
    BOURSE_FIELD_FULL("state", SLICE, event_row, state, BOURSE_FIELD_REQUIRED, NULL, NULL),
};
static const bourse_table event_table = BOURSE_TABLE(event_fields);

static int32_t event_row_read(bourse_call *call, bourse_decoder *decoder) {
  event_row row = {NULL, {NULL, 0}};
  int32_t code = bourse_decode_object(decoder, &event_table, &row);
  if (code != BOURSE_OK || !bourse_slice_is(row.state, "ongoing")) return code;
  bourse_system_status *status = bourse_appended_at(call, 0);
  status->status = BOURSE_SYSTEM_MAINTENANCE;
  status->message = row.title;
  return BOURSE_OK;
}

PARSE(status) {
  bourse_system_status *status = bourse_append(call, BOURSE_KIND_SYSTEM_STATUS);
  if (status == NULL) return BOURSE_ERROR_MEMORY;
  status->status = BOURSE_SYSTEM_NORMAL;
  status->time_ns = call->now_ns;
  return bourse__bybit_list(call, reply, "list", event_row_read, NULL);
}

/* --- Tickers --- */

/* Replies and messages, of options too, whose messages have names of their own for the best prices. */
static const bourse_field ticker_fields[] = {
    BYBIT_MARKET(bourse__bybit_ticker_row, ticker.symbol),
    BOURSE_FIELD("lastPrice", DECIMAL, bourse__bybit_ticker_row, ticker.last),
    BOURSE_FIELD("indexPrice", DECIMAL, bourse__bybit_ticker_row, ticker.index_price),
    BOURSE_FIELD("markPrice", DECIMAL, bourse__bybit_ticker_row, ticker.mark_price),
    BOURSE_FIELD("prevPrice24h", DECIMAL, bourse__bybit_ticker_row, ticker.open),
    BOURSE_FIELD("price24hPcnt", DECIMAL, bourse__bybit_ticker_row, ticker.percent),
    BOURSE_FIELD("highPrice24h", DECIMAL, bourse__bybit_ticker_row, ticker.high),
    BOURSE_FIELD("lowPrice24h", DECIMAL, bourse__bybit_ticker_row, ticker.low),
    BOURSE_FIELD("openInterest", DECIMAL, bourse__bybit_ticker_row, ticker.open_interest),
    BOURSE_FIELD("turnover24h", DECIMAL, bourse__bybit_ticker_row, turnover),
    BOURSE_FIELD("volume24h", DECIMAL, bourse__bybit_ticker_row, volume),
    BOURSE_FIELD_CUSTOM("ask1Size", bourse__bybit_ticker_row, ticker.ask_amount, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("bid1Price", bourse__bybit_ticker_row, ticker.bid, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("ask1Price", bourse__bybit_ticker_row, ticker.ask, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("bid1Size", bourse__bybit_ticker_row, ticker.bid_amount, bourse_decode_nonzero),
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);

/* Volume is in base units, and in contracts, which are US dollars, on inverse markets; turnover in the other currency. */
void bourse__bybit_finish_ticker(int32_t product, bourse__bybit_ticker_row *row) {
  bourse_ticker *ticker = &row->ticker;
  int32_t inverse = product == BOURSE_PRODUCT_INVERSE;
  if (PRESENT(ticker->percent)) ticker->percent.exponent += 2; /* told as a fraction */
  *(inverse ? &ticker->contracts_volume : &ticker->base_volume) = row->volume;
  *(inverse ? &ticker->base_volume : &ticker->quote_volume) = row->turnover;
}

/* One market is asked for by its name; several are picked out of all. Options are listed by underlying. */
BUILD(tickers) {
  const bourse_market *market = call->market != NULL ? call->market : call->market_count == 1 ? call->markets[0] : NULL;
  bourse_put(call, "category", bourse__bybit_category(call->product));
  if (market != NULL)
    bourse_put(call, "symbol", market->id);
  else if (call->product == BOURSE_PRODUCT_OPTION)
    bourse_put(call, "baseCoin", bourse__bybit_option_coin(call, call->scratch[BYBIT_SCRATCH_TURN]));
  return BOURSE_OK;
}

static int32_t ticker_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__bybit_ticker_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &ticker_table, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.ticker.id)) return code;
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  bourse__bybit_finish_ticker(call->product, &row);
  *ticker = row.ticker;
  return BOURSE_OK;
}

/* 1 while options of another underlying are to be asked for. */
static int32_t next_coin(bourse_call *call) {
  if (call->product != BOURSE_PRODUCT_OPTION || call->market != NULL || call->market_count == 1) return 0;
  return bourse__bybit_option_coin(call, ++call->scratch[BYBIT_SCRATCH_TURN]) != NULL;
}

/* Rows have no time of their own. */
PARSE(tickers) {
  bourse__bybit_aside aside;
  uint32_t before = bourse_appended(call);
  int32_t code = bourse__bybit_list(call, reply, "list", ticker_row_read, NULL);
  if (code == BOURSE_OK) code = bourse__bybit_read_aside(call, reply, &aside);
  if (code != BOURSE_OK) return code;
  for (uint32_t i = before; i < bourse_appended(call); i++)
    ((bourse_ticker *)bourse_appended_at(call, i))->time_ns = aside.time_ns;
  return next_coin(call) ? BOURSE_CONTINUE : BOURSE_OK;
}

/* --- Order book --- */

typedef struct book_reply {
  int64_t sequence;
  int64_t time_ns;
  int64_t engine_ns;
  bourse_level_list bids;
  bourse_level_list asks;
} book_reply;

static const bourse_field book_fields[] = {
    BOURSE_FIELD("s", CHECK, book_reply, sequence),
    BOURSE_FIELD_CUSTOM("b", book_reply, bids, bourse_decode_level_list),
    BOURSE_FIELD_CUSTOM("a", book_reply, asks, bourse_decode_level_list),
    BOURSE_FIELD("ts", TIME_MS, book_reply, time_ns),
    BOURSE_FIELD_MUST("u", INT64, book_reply, sequence),
    BOURSE_FIELD("seq", CHECK, book_reply, sequence),
    BOURSE_FIELD("cts", TIME_MS, book_reply, engine_ns),
};
static const bourse_table book_table = BOURSE_TABLE(book_fields);

/* Without a limit one level alone would come on spot and options. */
BUILD(depth) {
  uint32_t most = call->product == BOURSE_PRODUCT_OPTION ? 25 : 1000, limit = call->limit;
  int32_t code = bourse__bybit_need_symbol(call);
  if (code != BOURSE_OK) return code;
  if (limit > most)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "limit", "limit is %" PRIu32 "; 1 to %" PRIu32 " are allowed",
                       limit, most);
  bourse_put_uint(call, "limit", limit != 0 ? limit : most < 50 ? most : 50);
  return BOURSE_OK;
}

PARSE(depth) {
  book_reply wire;
  memset(&wire, 0, sizeof wire);
  int32_t code = bourse__bybit_object(call, reply, &book_table, &wire);
  if (code != BOURSE_OK) return code;
  bourse_order_book *book = bourse_append_book(call, &wire.bids, &wire.asks);
  if (book == NULL) return BOURSE_ERROR_MEMORY;
  book->sequence = wire.sequence;
  book->time_ns = wire.engine_ns != 0 ? wire.engine_ns : wire.time_ns;
  return BOURSE_OK;
}

/* --- Trades --- */

typedef struct trade_row {
  bourse_trade trade;
  const char *names[2]; /* of the market */
} trade_row;

static const bourse_field trade_fields[] = {
    BOURSE_FIELD_MUST("execId", ID, trade_row, trade.id),
    BOURSE_FIELD_CUSTOM("symbol", trade_row, names, bourse_decode_market),
    BOURSE_FIELD_MUST("price", DECIMAL, trade_row, trade.price),
    BOURSE_FIELD_MUST("size", DECIMAL, trade_row, trade.amount),
    BOURSE_FIELD_ENUM("side", trade_row, trade.side, bourse__bybit_sides),
    BOURSE_FIELD_MUST("time", TIME_MS, trade_row, trade.time_ns),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

/* The newest only: there is no way back in time. */
BUILD(trades) {
  uint32_t most = call->product == BOURSE_PRODUCT_SPOT ? 60 : 1000;
  int32_t code = bourse__bybit_need_symbol(call);
  if (code != BOURSE_OK) return code;
  if (call->since_ns != 0 || call->until_ns != 0)
    return bourse_unsupported(call, call->since_ns != 0 ? "since_ns" : "until_ns", "only the newest trades are listed");
  bourse_put_uint(call, "limit", call->limit < most ? call->limit : most);
  return BOURSE_OK;
}

void bourse__bybit_finish_trade(int32_t product, const bourse_market *market, bourse_trade *trade) {
  trade->aggregated = BOURSE_NO;
  if (product != BOURSE_PRODUCT_SPOT) trade->contracts = trade->amount;
  if (product != BOURSE_PRODUCT_INVERSE)
    bourse_decimal_mul(&trade->cost, &trade->price, &trade->amount);
  else if (market != NULL)
    bourse_decimal_mul(&trade->cost, &trade->contracts, &market->contract_size);
}

static int32_t trade_row_read(bourse_call *call, bourse_decoder *decoder) {
  trade_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &trade_table, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.names[1])) return code;
  bourse_trade *trade = bourse_append(call, BOURSE_KIND_TRADE);
  if (trade == NULL) return BOURSE_ERROR_MEMORY;
  *trade = row.trade;
  trade->symbol = row.names[0];
  bourse__bybit_finish_trade(call->product, call->market, trade);
  return BOURSE_OK;
}

PARSE(trades) { return bourse__bybit_list(call, reply, "list", trade_row_read, NULL); }

/* --- Candles --- */

const bourse_interval bourse__bybit_intervals[BYBIT_INTERVALS] = {
    {"1m", "1", BYBIT_MINUTE},        {"3m", "3", 3 * BYBIT_MINUTE},    {"5m", "5", 5 * BYBIT_MINUTE},
    {"15m", "15", 15 * BYBIT_MINUTE}, {"30m", "30", 30 * BYBIT_MINUTE}, {"1h", "60", BYBIT_HOUR},
    {"2h", "120", 2 * BYBIT_HOUR},    {"4h", "240", 4 * BYBIT_HOUR},    {"6h", "360", 6 * BYBIT_HOUR},
    {"12h", "720", 12 * BYBIT_HOUR},  {"1d", "D", BYBIT_DAY},           {"1w", "W", 7 * BYBIT_DAY},
    {"1M", "M", 31 * BYBIT_DAY},
};

/* With both ends given the newest rows before the end come, so the end is that of this page. */
BUILD(candles) {
  const bourse_interval *interval = bourse_find_interval(call, bourse__bybit_intervals, BYBIT_INTERVALS);
  int32_t code = bourse__bybit_need_symbol(call);
  if (interval == NULL || code != BOURSE_OK) return BOURSE_ERROR_ARGUMENT;
  int64_t until_ns = call->until_ns, page = call->limit == 0 ? 200 : call->limit;
  int64_t page_end_ns = call->since_ns + page * interval->length_ns - BYBIT_MILLISECOND;
  if (call->since_ns != 0 && until_ns > page_end_ns) until_ns = page_end_ns;
  bourse_put(call, "interval", interval->native);
  bourse_put_ms(call, "start", call->since_ns);
  bourse_put_ms(call, "end", until_ns);
  bourse_put_uint(call, "limit", call->limit);
  return BOURSE_OK;
}

/* Rows have no names. Volume and turnover as in tickers; mark, index and premium prices have neither. */
static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("start", TIME_MS, bourse_candle, time_ns),
    BOURSE_FIELD_MUST("open", DECIMAL, bourse_candle, open),
    BOURSE_FIELD_MUST("high", DECIMAL, bourse_candle, high),
    BOURSE_FIELD_MUST("low", DECIMAL, bourse_candle, low),
    BOURSE_FIELD_MUST("close", DECIMAL, bourse_candle, close),
    BOURSE_FIELD_MUST("volume", DECIMAL, bourse_candle, volume),
    BOURSE_FIELD_MUST("turnover", DECIMAL, bourse_candle, quote_volume),
};
static const bourse_table candle_table = BOURSE_TABLE(candle_fields);
static const bourse_table price_candle_table = {candle_fields, 5};

static int32_t candle_row_read(bourse_call *call, bourse_decoder *decoder) {
  const bourse_interval *interval =
      bourse_interval_of(bourse__bybit_intervals, BYBIT_INTERVALS, call->request->timeframe);
  bourse_candle *candle = bourse_append(call, BOURSE_KIND_CANDLE);
  if (candle == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code =
      bourse_decode_row(decoder, call->endpoint->variant == BYBIT_USUAL ? &candle_table : &price_candle_table, candle);
  /* How long a month is, is not told. */
  if (code != BOURSE_OK || interval == NULL || interval->length_ns > 7 * BYBIT_DAY) return code;
  candle->close_time_ns = candle->time_ns + interval->length_ns - BYBIT_MILLISECOND;
  candle->closed = candle->close_time_ns < call->now_ns ? BOURSE_YES : BOURSE_NO;
  return code;
}

PARSE(candles) { return bourse__bybit_list(call, reply, "list", candle_row_read, NULL); }

/* --- Funding --- */

typedef struct funding_row {
  bourse_funding_rate rate;
  int64_t hours;
  int64_t minutes;
} funding_row;

/* Of tickers, of the list of markets, and of the history. */
static const bourse_field funding_fields[] = {
    BYBIT_MARKET(funding_row, rate.symbol),
    BOURSE_FIELD("indexPrice", DECIMAL, funding_row, rate.index_price),
    BOURSE_FIELD("markPrice", DECIMAL, funding_row, rate.mark_price),
    BOURSE_FIELD("fundingRate", DECIMAL, funding_row, rate.rate),
    BOURSE_FIELD_CUSTOM("nextFundingTime", funding_row, rate.next_time_ns, bourse_decode_time_ms),
    BOURSE_FIELD("fundingIntervalHour", INT64, funding_row, hours),
    BOURSE_FIELD("fundingInterval", INT64, funding_row, minutes),
    BOURSE_FIELD("upperFundingRate", DECIMAL, funding_row, rate.rate_max),
    BOURSE_FIELD("lowerFundingRate", DECIMAL, funding_row, rate.rate_min),
    BOURSE_FIELD("fundingCap", DECIMAL, funding_row, rate.rate_max),
    BOURSE_FIELD("fundingRateTimestamp", TIME_MS, funding_row, rate.time_ns),
};
static const bourse_table funding_table = BOURSE_TABLE(funding_fields);

/* Dated contracts are in the lists too, without a rate. */
static int32_t funding_row_read(bourse_call *call, bourse_decoder *decoder) {
  funding_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &funding_table, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.rate.id)) return code;
  int64_t minutes = row.minutes != 0 ? row.minutes : row.hours * 60;
  if (!PRESENT(row.rate.rate) && minutes <= 0) return BOURSE_OK;
  bourse_funding_rate *rate = bourse_append(call, BOURSE_KIND_FUNDING_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  *rate = row.rate;
  if (minutes > 0 && minutes < 1000000) rate->interval_ns = minutes * BYBIT_MINUTE;
  return BOURSE_OK;
}

PARSE(funding_rates) {
  bourse__bybit_aside aside;
  int32_t code = bourse__bybit_list(call, reply, "list", funding_row_read, NULL);
  if (code == BOURSE_OK) code = bourse__bybit_read_aside(call, reply, &aside);
  for (uint32_t i = 0; code == BOURSE_OK && i < bourse_appended(call); i++)
    ((bourse_funding_rate *)bourse_appended_at(call, i))->time_ns = aside.time_ns;
  return code;
}

BUILD(funding_intervals) {
  bourse_put(call, "category", bourse__bybit_category(call->product));
  if (call->market_count == 1)
    bourse_put(call, "symbol", call->markets[0]->id);
  else
    bourse_put_int(call, "limit", 1000);
  bourse__bybit_put_cursor(call);
  return BOURSE_OK;
}

PARSE(funding_intervals) { return bourse__bybit_whole(call, reply, "list", funding_row_read); }

/* The newest rows of the time asked for come, two hundred at most; a beginning wants an end. Funding is paid every hour at
 * most, so all of so many hours come. */
BUILD(funding_history) {
  int64_t until_ns = call->until_ns, page_end_ns = call->since_ns + BYBIT_FUNDING_ROWS * BYBIT_HOUR - BYBIT_MILLISECOND;
  int32_t code = bourse__bybit_need_symbol(call);
  if (code != BOURSE_OK) return code;
  if (call->since_ns != 0 && (until_ns == 0 || until_ns > page_end_ns)) until_ns = page_end_ns;
  bourse_put_ms(call, "startTime", call->since_ns);
  bourse_put_ms(call, "endTime", until_ns);
  bourse_put_uint(call, "limit", call->since_ns != 0 ? BYBIT_FUNDING_ROWS : call->limit);
  return BOURSE_OK;
}

PARSE(funding_history) { return bourse__bybit_list(call, reply, "list", funding_row_read, NULL); }

/* --- Open interest --- */

static const bourse_interval interest_intervals[] = {
    {"5m", "5min", 5 * BYBIT_MINUTE}, {"15m", "15min", 15 * BYBIT_MINUTE}, {"30m", "30min", 30 * BYBIT_MINUTE},
    {"1h", "1h", BYBIT_HOUR},         {"4h", "4h", 4 * BYBIT_HOUR},        {"1d", "1d", BYBIT_DAY},
};

typedef struct interest_row {
  bourse_decimal open;
  int64_t time_ns;
} interest_row;

static const bourse_field interest_fields[] = {
    BOURSE_FIELD_MUST("openInterest", DECIMAL, interest_row, open),
    BOURSE_FIELD_MUST("timestamp", TIME_MS, interest_row, time_ns),
};
static const bourse_table interest_table = BOURSE_TABLE(interest_fields);

BUILD(open_interest) {
  int32_t code = bourse__bybit_need_symbol(call);
  bourse_put(call, "intervalTime", "1h");
  return code;
}

/* As with candles, the end is that of this page. */
BUILD(open_interest_history) {
  const char *timeframe = call->request->timeframe == NULL ? "1h" : call->request->timeframe;
  const bourse_interval *interval = bourse_named_interval(call, BOURSE_ROWS(interest_intervals), timeframe);
  int32_t code = bourse__bybit_need_symbol(call);
  if (interval == NULL || code != BOURSE_OK) return BOURSE_ERROR_ARGUMENT;
  int64_t until_ns = call->until_ns, page = call->limit == 0 ? 50 : call->limit;
  int64_t page_end_ns = call->since_ns + page * interval->length_ns - BYBIT_MILLISECOND;
  if (call->since_ns != 0 && (until_ns == 0 || until_ns > page_end_ns)) until_ns = page_end_ns;
  bourse_put(call, "intervalTime", interval->native);
  bourse_put_ms(call, "startTime", call->since_ns);
  bourse_put_ms(call, "endTime", until_ns);
  bourse_put_uint(call, "limit", call->limit);
  return BOURSE_OK;
}

/* Base units on linear markets, US dollars, which are the contracts, on inverse ones; the newest comes first. */
static int32_t interest_row_read(bourse_call *call, bourse_decoder *decoder) {
  interest_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &interest_table, &row);
  if (code != BOURSE_OK || (call->operation == BOURSE_OP_FETCH_OPEN_INTEREST && bourse_appended(call) > 0)) return code;
  bourse_open_interest *interest = bourse_append(call, BOURSE_KIND_OPEN_INTEREST);
  if (interest == NULL) return BOURSE_ERROR_MEMORY;
  interest->time_ns = row.time_ns;
  interest->contracts = row.open;
  if (call->product == BOURSE_PRODUCT_LINEAR) interest->amount = row.open;
  if (call->market == NULL) return BOURSE_OK;
  interest->symbol = call->market->symbol;
  interest->id = call->market->id;
  if (call->product == BOURSE_PRODUCT_INVERSE)
    bourse_decimal_mul(&interest->value, &row.open, &call->market->contract_size);
  return BOURSE_OK;
}

PARSE(open_interest) { return bourse__bybit_list(call, reply, "list", interest_row_read, NULL); }

/* --- Leverage tiers --- */

static const bourse_field tier_fields[] = {
    BYBIT_MARKET(bourse_leverage_tier, symbol),
    BOURSE_FIELD_MUST("riskLimitValue", DECIMAL, bourse_leverage_tier, notional_max),
    BOURSE_FIELD("maintenanceMargin", DECIMAL, bourse_leverage_tier, maintenance_rate),
    BOURSE_FIELD_MUST("maxLeverage", DECIMAL, bourse_leverage_tier, leverage_max),
    BOURSE_FIELD("mmDeduction", DECIMAL, bourse_leverage_tier, maintenance_amount),
};
static const bourse_table tier_table = BOURSE_TABLE(tier_fields);

BUILD(leverage_tiers) {
  const bourse_market *market = call->market != NULL ? call->market : call->market_count == 1 ? call->markets[0] : NULL;
  bourse_put(call, "category", bourse__bybit_category(call->product));
  if (market != NULL) bourse_put(call, "symbol", market->id);
  bourse__bybit_put_cursor(call);
  return BOURSE_OK;
}

/* The tiers of a market come in a row, from the lowest up, and each begins where the one before ends. */
static int32_t tier_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_leverage_tier row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &tier_table, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.id)) return code;
  const bourse_leverage_tier *before =
      bourse_appended(call) == 0 ? NULL : bourse_appended_at(call, bourse_appended(call) - 1);
  int32_t follows = before != NULL && strcmp(before->id, row.id) == 0;
  row.tier = follows ? before->tier + 1 : 1;
  if (follows)
    row.notional_min = before->notional_max;
  else
    bourse_decimal_from_int64(&row.notional_min, 0);
  bourse_leverage_tier *tier = bourse_append(call, BOURSE_KIND_LEVERAGE_TIER);
  if (tier == NULL) return BOURSE_ERROR_MEMORY;
  *tier = row;
  return BOURSE_OK;
}

PARSE(leverage_tiers) { return bourse__bybit_whole(call, reply, "list", tier_row_read); }
