/* exchange/okx/data.c - public market data. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/okx/okx.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Time and status --- */

static const bourse_field time_fields[] = {BOURSE_FIELD_MUST("ts", TIME_MS, bourse_server_time, time_ns)};
static const bourse_table time_table = BOURSE_TABLE(time_fields);

PARSE(time) {
  bourse_server_time row = {0};
  int32_t code = bourse__okx_object(call, reply, &time_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_server_time *record = bourse_append(call, BOURSE_KIND_SERVER_TIME);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = row;
  return BOURSE_OK;
}

typedef struct status_row {
  const char *title;
  bourse_slice state;
  bourse_slice world; /* 1 live, 2 demo */
} status_row;

static const bourse_field status_fields[] = {
    BOURSE_FIELD("env", SLICE, status_row, world),
    BOURSE_FIELD("state", SLICE, status_row, state),
    BOURSE_FIELD("title", STRING, status_row, title),
};
static const bourse_table status_table = BOURSE_TABLE(status_fields);

/* Announcements of maintenance; what is under way now counts. */
static int32_t status_row_read(bourse_call *call, bourse_decoder *decoder) {
  const bourse__okx_state *state = call->state;
  status_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &status_table, &row);
  if (code != BOURSE_OK || !bourse_slice_is(row.state, "ongoing")) return code;
  if (row.world.length > 0 && bourse_slice_is(row.world, "2") != (state->environment == BOURSE_DEMO)) return code;
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
  return bourse__okx_rows(call, reply, status_row_read);
}

/* --- What is asked for --- */

BUILD(market) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "instId", call->market->id);
  return BOURSE_OK;
}

BUILD(type) {
  bourse_put(call, "instType", bourse__okx_type(call));
  return BOURSE_OK;
}

BUILD(type_and_market) {
  bourse_put(call, "instType", bourse__okx_type(call));
  if (call->market != NULL) bourse_put(call, "instId", call->market->id);
  return BOURSE_OK;
}

/* Pairs of spot have one for their trading on margin. */
BUILD(mark_prices) {
  bourse_put(call, "instType", call->product == BOURSE_PRODUCT_SPOT ? "MARGIN" : bourse__okx_type(call));
  if (call->market != NULL) bourse_put(call, "instId", call->market->id);
  return BOURSE_OK;
}

/* The lists of several kinds of instruments, one after the other, each whole. */
static int32_t read_lists(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  int32_t code = bourse__okx_rows(call, reply, row);
  if (code != BOURSE_OK || ++call->scratch[4] >= bourse__okx_list_count(call)) return code;
  return BOURSE_CONTINUE;
}

/* --- Tickers --- */

static const bourse_field ticker_fields[] = {
    BOURSE_FIELD("instType", CHECK, bourse__okx_ticker, id),
    BOURSE_FIELD_FULL("instId", SLICE, bourse__okx_ticker, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("last", DECIMAL, bourse__okx_ticker, ticker.last),
    BOURSE_FIELD("lastSz", DECIMAL, bourse__okx_ticker, ticker.last_amount),
    BOURSE_FIELD("askPx", DECIMAL, bourse__okx_ticker, ticker.ask),
    BOURSE_FIELD("askSz", DECIMAL, bourse__okx_ticker, ticker.ask_amount),
    BOURSE_FIELD("bidPx", DECIMAL, bourse__okx_ticker, ticker.bid),
    BOURSE_FIELD("bidSz", DECIMAL, bourse__okx_ticker, ticker.bid_amount),
    BOURSE_FIELD("open24h", DECIMAL, bourse__okx_ticker, ticker.open),
    BOURSE_FIELD("high24h", DECIMAL, bourse__okx_ticker, ticker.high),
    BOURSE_FIELD("low24h", DECIMAL, bourse__okx_ticker, ticker.low),
    BOURSE_FIELD("volCcy24h", DECIMAL, bourse__okx_ticker, currency_volume),
    BOURSE_FIELD("vol24h", DECIMAL, bourse__okx_ticker, volume),
    BOURSE_FIELD("sodUtc0", CHECK, bourse__okx_ticker, id),
    BOURSE_FIELD("sodUtc8", CHECK, bourse__okx_ticker, id),
    BOURSE_FIELD("ts", TIME_MS, bourse__okx_ticker, ticker.time_ns),
};
const bourse_table bourse__okx_ticker_table = BOURSE_TABLE(ticker_fields);

static int32_t in_base(const bourse_market *market, int32_t product, bourse_decimal *size) {
  bourse_decimal amount = {0, 0, 0, 0}, contracts = {0, 0, 0, 0};
  int32_t code = bourse__okx_size(market, product, size, &amount, &contracts);
  if (PRESENT(amount)) *size = amount;
  return code;
}

/* On spot volumes are of base and quote currency, elsewhere of contracts and base currency. */
int32_t bourse__okx_finish_ticker(const bourse_market *market, int32_t product, bourse__okx_ticker *row) {
  bourse_ticker *ticker = &row->ticker;
  bourse__okx_drop_zero(&ticker->last);
  bourse__okx_drop_zero(&ticker->ask);
  bourse__okx_drop_zero(&ticker->bid);
  int32_t spot = product == BOURSE_PRODUCT_SPOT;
  ticker->base_volume = spot ? row->volume : row->currency_volume;
  if (spot)
    ticker->quote_volume = row->currency_volume;
  else
    ticker->contracts_volume = row->volume;
  int32_t code = in_base(market, product, &ticker->last_amount);
  if (code == BOURSE_OK) code = in_base(market, product, &ticker->ask_amount);
  return code == BOURSE_OK ? in_base(market, product, &ticker->bid_amount) : code;
}

static int32_t out_of_range(bourse_decoder *decoder, const char *name) {
  return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, name, "out of range");
}

static int32_t ticker_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__okx_ticker row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bourse__okx_ticker_table, &row);
  if (code != BOURSE_OK || !bourse__okx_is_wanted(call, row.id)) return code;
  const bourse_market *market = bourse__okx_name(call, row.id, &row.ticker.symbol, &row.ticker.id, &code);
  if (code != BOURSE_OK) return code;
  if (bourse__okx_finish_ticker(market, bourse__okx_product_of(row.id), &row) != BOURSE_OK)
    return out_of_range(decoder, "lastSz");
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  *ticker = row.ticker;
  return BOURSE_OK;
}

PARSE(tickers) { return read_lists(call, reply, ticker_row_read); }

typedef struct mark_row {
  bourse_ticker ticker;
  bourse_slice id;
} mark_row;

static const bourse_field mark_fields[] = {
    BOURSE_FIELD_FULL("instId", SLICE, mark_row, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("markPx", DECIMAL, mark_row, ticker.mark_price),
    BOURSE_FIELD("ts", TIME_MS, mark_row, ticker.time_ns),
};
static const bourse_table mark_table = BOURSE_TABLE(mark_fields);

static int32_t mark_row_read(bourse_call *call, bourse_decoder *decoder) {
  mark_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &mark_table, &row);
  if (code != BOURSE_OK || !bourse__okx_is_wanted(call, row.id)) return code;
  bourse__okx_name(call, row.id, &row.ticker.symbol, &row.ticker.id, &code);
  if (code != BOURSE_OK) return code;
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  *ticker = row.ticker;
  return BOURSE_OK;
}

PARSE(mark_prices) { return read_lists(call, reply, mark_row_read); }

/* --- Order book --- */

typedef struct book_row {
  bourse_level_list bids;
  bourse_level_list asks;
  int64_t time_ns;
  int64_t sequence;
} book_row;

static const bourse_field book_fields[] = {
    BOURSE_FIELD_FULL("asks", CUSTOM, book_row, asks, BOURSE_FIELD_REQUIRED, NULL, bourse_decode_level_list),
    BOURSE_FIELD_FULL("bids", CUSTOM, book_row, bids, BOURSE_FIELD_REQUIRED, NULL, bourse_decode_level_list),
    BOURSE_FIELD("ts", TIME_MS, book_row, time_ns),
    BOURSE_FIELD("seqId", INT64, book_row, sequence),
};
static const bourse_table book_table = BOURSE_TABLE(book_fields);

BUILD(book) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  if (call->limit > 5000)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "limit", "limit is %" PRIu32 "; 1 to 5000 are allowed",
                       call->limit);
  bourse_put(call, "instId", call->market->id);
  bourse_put_uint(call, "sz", call->limit == 0 ? 100 : call->limit); /* without it there would be one level */
  return BOURSE_OK;
}

PARSE(book) {
  book_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__okx_object(call, reply, &book_table, &row);
  if (code != BOURSE_OK) return code;
  if (bourse__okx_scale(call->market, &row.bids) != BOURSE_OK ||
      bourse__okx_scale(call->market, &row.asks) != BOURSE_OK)
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "asks", "an amount of the order book is out of range");
  bourse_order_book *book = bourse_append_book(call, &row.bids, &row.asks);
  if (book == NULL) return BOURSE_ERROR_MEMORY;
  book->time_ns = row.time_ns;
  book->sequence = row.sequence;
  return BOURSE_OK;
}

/* --- Trades --- */

static const bourse_field trade_fields[] = {
    BOURSE_FIELD_FULL("instId", SLICE, bourse__okx_trade, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("tradeId", ID, bourse__okx_trade, trade.id),
    BOURSE_FIELD_MUST("px", DECIMAL, bourse__okx_trade, trade.price),
    BOURSE_FIELD_MUST("sz", DECIMAL, bourse__okx_trade, size),
    BOURSE_FIELD_ENUM("side", bourse__okx_trade, trade.side, bourse__okx_sides),
    BOURSE_FIELD_MUST("ts", TIME_MS, bourse__okx_trade, trade.time_ns),
    BOURSE_FIELD("count", INT64, bourse__okx_trade, count),
};
const bourse_table bourse__okx_trade_table = BOURSE_TABLE(trade_fields);

int32_t bourse__okx_finish_trade(const bourse_market *market, int32_t product, bourse__okx_trade *row) {
  bourse_trade *trade = &row->trade;
  trade->aggregated = row->count > 1 ? BOURSE_YES : BOURSE_NO;
  if (row->count > 1) trade->last_id = trade->id;
  int32_t code = bourse__okx_size(market, product, &row->size, &trade->amount, &trade->contracts);
  bourse__okx_cost(product, market, &trade->amount, &trade->contracts, &trade->price, &trade->cost);
  if (product == BOURSE_PRODUCT_INVERSE) trade->amount = trade->contracts;
  return code;
}

BUILD(trades) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "instId", call->market->id);
  bourse_put_uint(call, "limit", call->request->limit);
  return BOURSE_OK;
}

/* Pages go by time, from the newest back; there is no beginning to give. */
BUILD(past_trades) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "instId", call->market->id);
  bourse_put(call, "type", "2");
  bourse__okx_put_time_page(call, 0);
  return BOURSE_OK;
}

static int32_t is_repeated(bourse_call *call, const char *id) {
  uint32_t count = bourse_appended(call);
  for (uint32_t i = count > 200 ? count - 200 : 0; i < count; i++)
    if (strcmp(((const bourse_trade *)bourse_appended_at(call, i))->id, id) == 0) return 1;
  return 0;
}

static int32_t trade_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__okx_trade row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bourse__okx_trade_table, &row);
  if (code == BOURSE_OK) code = bourse__okx_seen_at(call, row.trade.time_ns + OKX_MILLISECOND);
  if (code != BOURSE_OK || !bourse__okx_is_in_range(call, row.trade.time_ns)) return code;
  const bourse_market *market = call->market;
  if (market != NULL) row.trade.symbol = market->symbol;
  if (bourse__okx_finish_trade(market, bourse__okx_product_of(row.id), &row) != BOURSE_OK)
    return out_of_range(decoder, "sz");
  if (is_repeated(call, row.trade.id)) return BOURSE_OK;
  bourse_trade *trade = bourse_append(call, BOURSE_KIND_TRADE);
  if (trade == NULL) return BOURSE_ERROR_MEMORY;
  *trade = row.trade;
  return BOURSE_OK;
}

PARSE(trades) { return bourse__okx_rows(call, reply, trade_row_read); }
PARSE(past_trades) { return bourse__okx_list(call, reply, trade_row_read); }

/* --- Candles --- From six hours on those that begin by UTC, not by Hong Kong's time. */

const bourse_interval bourse__okx_intervals[] = {
    {"1s", "1s", OKX_SECOND},      {"1m", "1m", OKX_MINUTE},         {"3m", "3m", 3 * OKX_MINUTE},
    {"5m", "5m", 5 * OKX_MINUTE},  {"15m", "15m", 15 * OKX_MINUTE},  {"30m", "30m", 30 * OKX_MINUTE},
    {"1h", "1H", OKX_HOUR},        {"2h", "2H", 2 * OKX_HOUR},       {"4h", "4H", 4 * OKX_HOUR},
    {"6h", "6Hutc", 6 * OKX_HOUR}, {"12h", "12Hutc", 12 * OKX_HOUR}, {"1d", "1Dutc", OKX_DAY},
    {"2d", "2Dutc", 2 * OKX_DAY},  {"3d", "3Dutc", 3 * OKX_DAY},     {"1w", "1Wutc", 7 * OKX_DAY},
    {"1M", "1Mutc", 31 * OKX_DAY}, {"3M", "3Mutc", 92 * OKX_DAY},
};
const uint32_t bourse__okx_interval_count = sizeof bourse__okx_intervals / sizeof bourse__okx_intervals[0];

/* Months are counted from year 0 on. 0: too far away to be told. */
static int64_t month_begins(int64_t month) {
  char text[BOURSE_TIME_TEXT_SIZE];
  int64_t time_ns = 0;
  snprintf(text, sizeof text, "%04d-%02d-01T00:00:00Z", (int)(month / 12 % 10000), (int)(month % 12 + 1));
  return bourse_time_parse(&time_ns, text) == BOURSE_OK ? time_ns : 0;
}

/* The end of so many candles that begin at `since_ns` or later. Months differ, and where one more fits in than is asked for,
 * the first would be missing. */
static int64_t end_of(const bourse_interval *interval, int64_t since_ns, int64_t count) {
  char text[BOURSE_TIME_TEXT_SIZE];
  int64_t end = 0;
  if (interval->timeframe[1] == 'M' && bourse_time_format(text, sizeof text, since_ns) == BOURSE_OK) {
    int64_t month = strtol(text, NULL, 10) * 12 + strtol(text + 5, NULL, 10) - 1;
    if (month_begins(month) < since_ns) month++;
    end = month_begins(month + count * (interval->timeframe[0] - '0'));
  }
  return end != 0 ? end : since_ns + count * interval->length_ns;
}

/* Without an end the newest would come: from a time on is as long as the page is. */
static int32_t put_candles(bourse_call *call, const char *id) {
  const bourse_interval *interval = bourse_find_interval(call, bourse__okx_intervals, bourse__okx_interval_count);
  if (interval == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "instId", id);
  bourse_put(call, "bar", interval->native);
  int64_t after = call->until_ns == 0 ? 0 : call->until_ns / OKX_MILLISECOND + 1;
  if (call->since_ns != 0) {
    int64_t count = call->limit == 0 ? 100 : call->limit, since = call->since_ns / OKX_MILLISECOND;
    int64_t end = end_of(interval, call->since_ns, count) / OKX_MILLISECOND;
    if (after == 0 || after > end) after = end;
    bourse_put_int(call, "before", since - 1);
  }
  if (after != 0) bourse_put_int(call, "after", after);
  bourse_put_uint(call, "limit", call->limit);
  return BOURSE_OK;
}

BUILD(candles) {
  return bourse_need_market(call) == NULL ? BOURSE_ERROR_ARGUMENT : put_candles(call, call->market->id);
}

/* An index goes by its pair. */
BUILD(index_candles) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  const char *pair = bourse_arena_format(call->arena, "%s-%s", call->market->base, call->market->quote);
  return pair == NULL ? bourse_fail_memory(call) : put_candles(call, pair);
}

static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("ts", TIME_MS, bourse__okx_candle, candle.time_ns),
    BOURSE_FIELD_MUST("o", DECIMAL, bourse__okx_candle, candle.open),
    BOURSE_FIELD_MUST("h", DECIMAL, bourse__okx_candle, candle.high),
    BOURSE_FIELD_MUST("l", DECIMAL, bourse__okx_candle, candle.low),
    BOURSE_FIELD_MUST("c", DECIMAL, bourse__okx_candle, candle.close),
    BOURSE_FIELD("vol", DECIMAL, bourse__okx_candle, volume),
    BOURSE_FIELD("volCcy", DECIMAL, bourse__okx_candle, currency_volume),
    BOURSE_FIELD("volCcyQuote", DECIMAL, bourse__okx_candle, quote_volume),
    BOURSE_FIELD("confirm", SLICE, bourse__okx_candle, confirmed),
};
const bourse_table bourse__okx_candle_table = BOURSE_TABLE(candle_fields);

static const bourse_field price_candle_fields[] = {
    BOURSE_FIELD_MUST("ts", TIME_MS, bourse__okx_candle, candle.time_ns),
    BOURSE_FIELD_MUST("o", DECIMAL, bourse__okx_candle, candle.open),
    BOURSE_FIELD_MUST("h", DECIMAL, bourse__okx_candle, candle.high),
    BOURSE_FIELD_MUST("l", DECIMAL, bourse__okx_candle, candle.low),
    BOURSE_FIELD_MUST("c", DECIMAL, bourse__okx_candle, candle.close),
    BOURSE_FIELD("confirm", SLICE, bourse__okx_candle, confirmed),
};
const bourse_table bourse__okx_price_candle_table = BOURSE_TABLE(price_candle_fields);

/* Volumes as bourse_candle has them: of inverse markets contracts, and base currency as what they are worth. */
void bourse__okx_finish_candle(const bourse_market *market, int32_t product, const bourse_interval *interval,
                               bourse__okx_candle *row) {
  bourse_candle *candle = &row->candle;
  (void)market;
  if (product == BOURSE_PRODUCT_INVERSE) {
    candle->volume = row->volume;
    candle->quote_volume = row->currency_volume;
  } else if (product == BOURSE_PRODUCT_SPOT) {
    candle->volume = row->volume;
    candle->quote_volume = PRESENT(row->quote_volume) ? row->quote_volume : row->currency_volume;
  } else {
    candle->volume = row->currency_volume;
    candle->quote_volume = row->quote_volume;
  }
  if (row->confirmed.length > 0) candle->closed = bourse_slice_is(row->confirmed, "1") ? BOURSE_YES : BOURSE_NO;
  if (interval != NULL) candle->close_time_ns = candle->time_ns + interval->length_ns - OKX_MILLISECOND;
}

static int32_t read_candle(bourse_call *call, bourse_decoder *decoder, const bourse_table *table) {
  bourse__okx_candle row;
  memset(&row, 0, sizeof row);
  const char *timeframe = call->request->timeframe;
  const bourse_interval *interval = bourse_interval_of(bourse__okx_intervals, bourse__okx_interval_count, timeframe);
  /* Months are of different lengths. */
  if (timeframe != NULL && timeframe[0] != '\0' && timeframe[strlen(timeframe) - 1] == 'M') interval = NULL;
  int32_t code = bourse_decode_row(decoder, table, &row);
  if (code != BOURSE_OK || !bourse__okx_is_in_range(call, row.candle.time_ns)) return code;
  bourse__okx_finish_candle(call->market, call->product, interval, &row);
  bourse_candle *candle = bourse_append(call, BOURSE_KIND_CANDLE);
  if (candle == NULL) return BOURSE_ERROR_MEMORY;
  *candle = row.candle;
  return BOURSE_OK;
}

static int32_t candle_row_read(bourse_call *call, bourse_decoder *decoder) {
  return read_candle(call, decoder, &bourse__okx_candle_table);
}

static int32_t price_candle_row_read(bourse_call *call, bourse_decoder *decoder) {
  return read_candle(call, decoder, &bourse__okx_price_candle_table);
}

PARSE(candles) { return bourse__okx_rows(call, reply, candle_row_read); }
PARSE(price_candles) { return bourse__okx_rows(call, reply, price_candle_row_read); }

/* --- Funding --- */

typedef struct funding_row {
  bourse_funding_rate rate;
  bourse_slice id;
  int64_t after_next_ns;
  bourse_decimal realized;
} funding_row;

static const bourse_field funding_fields[] = {
    BOURSE_FIELD_FULL("instId", SLICE, funding_row, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("fundingRate", DECIMAL, funding_row, rate.rate),
    BOURSE_FIELD_CUSTOM("fundingTime", funding_row, rate.next_time_ns, bourse_decode_time_ms),
    BOURSE_FIELD_CUSTOM("nextFundingTime", funding_row, after_next_ns, bourse_decode_time_ms),
    BOURSE_FIELD("maxFundingRate", DECIMAL, funding_row, rate.rate_max),
    BOURSE_FIELD("minFundingRate", DECIMAL, funding_row, rate.rate_min),
    BOURSE_FIELD("interestRate", DECIMAL, funding_row, rate.interest_rate),
    BOURSE_FIELD("method", STRING, funding_row, rate.kind),
    BOURSE_FIELD("realizedRate", DECIMAL, funding_row, realized),
    BOURSE_FIELD("ts", TIME_MS, funding_row, rate.time_ns),
};
static const bourse_table funding_table = BOURSE_TABLE(funding_fields);

BUILD(any) {
  const bourse_market *one = call->market != NULL ? call->market : call->market_count == 1 ? call->markets[0] : NULL;
  bourse_put(call, "instId", one != NULL ? one->id : "ANY");
  return BOURSE_OK;
}

static int32_t read_funding(bourse_call *call, bourse_decoder *decoder, funding_row *row) {
  memset(row, 0, sizeof *row);
  int32_t code = bourse_decode_object(decoder, &funding_table, row);
  if (code == BOURSE_OK) bourse__okx_name(call, row->id, &row->rate.symbol, &row->rate.id, &code);
  return code;
}

static int32_t append_rate(bourse_call *call, const bourse_funding_rate *rate) {
  bourse_funding_rate *record = bourse_append(call, BOURSE_KIND_FUNDING_RATE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *rate;
  return BOURSE_OK;
}

static int32_t funding_row_read(bourse_call *call, bourse_decoder *decoder) {
  funding_row row;
  int32_t code = read_funding(call, decoder, &row);
  if (code != BOURSE_OK || !bourse__okx_is_wanted(call, row.id)) return code;
  if (row.after_next_ns > row.rate.next_time_ns && row.rate.next_time_ns > 0)
    row.rate.interval_ns = row.after_next_ns - row.rate.next_time_ns;
  return append_rate(call, &row.rate);
}

PARSE(funding_rates) { return bourse__okx_rows(call, reply, funding_row_read); }

BUILD(funding_history) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "instId", call->market->id);
  bourse__okx_put_time_page(call, 1);
  return BOURSE_OK;
}

/* What was paid, not what was foretold. */
static int32_t funding_history_row(bourse_call *call, bourse_decoder *decoder) {
  funding_row row;
  int32_t code = read_funding(call, decoder, &row);
  if (code != BOURSE_OK) return code;
  row.rate.time_ns = row.rate.next_time_ns;
  row.rate.next_time_ns = 0;
  if (PRESENT(row.realized)) row.rate.rate = row.realized;
  code = bourse__okx_seen_at(call, row.rate.time_ns);
  return code == BOURSE_OK && bourse__okx_is_in_range(call, row.rate.time_ns) ? append_rate(call, &row.rate) : code;
}

PARSE(funding_history) { return bourse__okx_list(call, reply, funding_history_row); }

/* --- Open interest --- */

typedef struct interest_row {
  bourse_open_interest interest;
  bourse_slice id;
  bourse_decimal dollars;
} interest_row;

static const bourse_field interest_fields[] = {
    BOURSE_FIELD_FULL("instId", SLICE, interest_row, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("oi", DECIMAL, interest_row, interest.contracts),
    BOURSE_FIELD("oiCcy", DECIMAL, interest_row, interest.amount),
    BOURSE_FIELD("oiUsd", DECIMAL, interest_row, dollars),
    BOURSE_FIELD("ts", TIME_MS, interest_row, interest.time_ns),
};
static const bourse_table interest_table = BOURSE_TABLE(interest_fields);

/* Told in dollars, which is the quote currency of some markets. */
static void set_value(const bourse_market *market, bourse_open_interest *interest, const bourse_decimal *dollars) {
  if (market != NULL && strcmp(market->quote, "USD") == 0) interest->value = *dollars;
}

static int32_t append_interest(bourse_call *call, const bourse_open_interest *interest) {
  bourse_open_interest *record = bourse_append(call, BOURSE_KIND_OPEN_INTEREST);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *interest;
  return BOURSE_OK;
}

static int32_t interest_row_read(bourse_call *call, bourse_decoder *decoder) {
  interest_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &interest_table, &row);
  if (code != BOURSE_OK || !bourse__okx_is_wanted(call, row.id)) return code;
  const bourse_market *market = bourse__okx_name(call, row.id, &row.interest.symbol, &row.interest.id, &code);
  if (code != BOURSE_OK) return code;
  set_value(market, &row.interest, &row.dollars);
  return append_interest(call, &row.interest);
}

PARSE(open_interest) { return bourse__okx_rows(call, reply, interest_row_read); }

static const bourse_interval periods[] = {
    {"5m", "5m", 5 * OKX_MINUTE},  {"15m", "15m", 15 * OKX_MINUTE},  {"30m", "30m", 30 * OKX_MINUTE},
    {"1h", "1H", OKX_HOUR},        {"2h", "2H", 2 * OKX_HOUR},       {"4h", "4H", 4 * OKX_HOUR},
    {"6h", "6Hutc", 6 * OKX_HOUR}, {"12h", "12Hutc", 12 * OKX_HOUR}, {"1d", "1Dutc", OKX_DAY},
    {"1w", "1Wutc", 7 * OKX_DAY},  {"1M", "1Mutc", 31 * OKX_DAY},
};

BUILD(interest_history) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  const char *timeframe = call->request->timeframe;
  const bourse_interval *period =
      bourse_named_interval(call, BOURSE_ROWS(periods), timeframe == NULL ? "5m" : timeframe);
  if (period == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "instId", call->market->id);
  bourse_put(call, "period", period->native);
  bourse_put_range(call, "begin", "end", "limit");
  return BOURSE_OK;
}

typedef struct past_interest {
  bourse_open_interest interest;
  bourse_decimal dollars;
} past_interest;

static const bourse_field past_fields[] = {
    BOURSE_FIELD_MUST("ts", TIME_MS, past_interest, interest.time_ns),
    BOURSE_FIELD_MUST("oi", DECIMAL, past_interest, interest.contracts),
    BOURSE_FIELD("oiCcy", DECIMAL, past_interest, interest.amount),
    BOURSE_FIELD("oiUsd", DECIMAL, past_interest, dollars),
};
static const bourse_table past_table = BOURSE_TABLE(past_fields);

static int32_t past_row_read(bourse_call *call, bourse_decoder *decoder) {
  past_interest row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_row(decoder, &past_table, &row);
  if (code != BOURSE_OK || !bourse__okx_is_in_range(call, row.interest.time_ns)) return code;
  if (call->market != NULL) {
    row.interest.symbol = call->market->symbol;
    row.interest.id = call->market->id;
  }
  set_value(call->market, &row.interest, &row.dollars);
  return append_interest(call, &row.interest);
}

PARSE(interest_history) { return bourse__okx_rows(call, reply, past_row_read); }
