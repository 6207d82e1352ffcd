/* exchange/kraken/futures_data.c - public market data of futures. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/kraken/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))
#define HOUR            (60 * KRAKEN_MINUTE)

/* --- Time and status: every reply tells the time, and that it came says that it works --- */

static const bourse_field time_fields[] = {
    BOURSE_FIELD_FULL("serverTime", CUSTOM, bourse_server_time, time_ns, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kraken_futures_read_time),
};
static const bourse_table time_table = BOURSE_TABLE(time_fields);

FUTURES_PARSE(time) {
  bourse_server_time *time = bourse_append(call, BOURSE_KIND_SERVER_TIME);
  return time == NULL ? BOURSE_ERROR_MEMORY : bourse__kraken_futures_object(call, reply, &time_table, time);
}

static const bourse_field status_fields[] = {FUTURES_TIME("serverTime", bourse_system_status, time_ns)};
static const bourse_table status_table = BOURSE_TABLE(status_fields);

FUTURES_PARSE(status) {
  bourse_system_status *status = bourse_append(call, BOURSE_KIND_SYSTEM_STATUS);
  if (status == NULL) return BOURSE_ERROR_MEMORY;
  status->status = BOURSE_SYSTEM_NORMAL;
  return bourse__kraken_futures_object(call, reply, &status_table, status);
}

/* --- Tickers, and what is picked out of them --- */

typedef struct ticker_row {
  bourse_ticker ticker;
  bourse_decimal funding; /* absolute: quote units of a base unit (linear), base units of a contract (inverse) */
  bourse_decimal relative_funding;
  bourse_decimal volume;
  bourse_slice tag;
} ticker_row;

static const bourse_field ticker_fields[] = {
    BOURSE_FIELD_FULL("symbol", CUSTOM, ticker_row, ticker.symbol, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kraken_futures_read_market),
    BOURSE_FIELD("last", DECIMAL, ticker_row, ticker.last),
    FUTURES_TIME("lastTime", ticker_row, ticker.time_ns),
    BOURSE_FIELD("tag", SLICE, ticker_row, tag),
    BOURSE_FIELD("pair", CHECK, ticker_row, ticker),
    BOURSE_FIELD("markPrice", DECIMAL, ticker_row, ticker.mark_price),
    BOURSE_FIELD("bid", DECIMAL, ticker_row, ticker.bid),
    BOURSE_FIELD("bidSize", DECIMAL, ticker_row, ticker.bid_amount),
    BOURSE_FIELD("ask", DECIMAL, ticker_row, ticker.ask),
    BOURSE_FIELD("askSize", DECIMAL, ticker_row, ticker.ask_amount),
    BOURSE_FIELD("vol24h", DECIMAL, ticker_row, volume),
    BOURSE_FIELD("volumeQuote", DECIMAL, ticker_row, ticker.quote_volume),
    BOURSE_FIELD("openInterest", DECIMAL, ticker_row, ticker.open_interest),
    BOURSE_FIELD("open24h", DECIMAL, ticker_row, ticker.open),
    BOURSE_FIELD("high24h", DECIMAL, ticker_row, ticker.high),
    BOURSE_FIELD("low24h", DECIMAL, ticker_row, ticker.low),
    BOURSE_FIELD("lastSize", DECIMAL, ticker_row, ticker.last_amount),
    BOURSE_FIELD("fundingRate", DECIMAL, ticker_row, funding),
    BOURSE_FIELD("relativeFundingRate", DECIMAL, ticker_row, relative_funding),
    BOURSE_FIELD("fundingRatePrediction", CHECK, ticker_row, ticker),
    BOURSE_FIELD("suspended", CHECK, ticker_row, ticker),
    BOURSE_FIELD("indexPrice", DECIMAL, ticker_row, ticker.index_price),
    BOURSE_FIELD("postOnly", CHECK, ticker_row, ticker),
    BOURSE_FIELD("change24h", DECIMAL, ticker_row, ticker.percent),
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);

static int32_t is_perpetual(const ticker_row *row) {
  return bourse_slice_is(row->tag, "perpetual") || strncmp(row->ticker.id, "P", 1) == 0;
}

/* The rate as a fraction: an absolute one of a linear market is divided by the index price, one of an inverse market is
 * multiplied by it. */
static void set_rate(ticker_row *row, int32_t inverse, bourse_decimal *rate) {
  const bourse_decimal *price = PRESENT(row->ticker.index_price) ? &row->ticker.index_price : &row->ticker.mark_price;
  if (PRESENT(row->relative_funding)) {
    *rate = row->relative_funding;
    return;
  }
  if (!PRESENT(row->funding) || bourse_decimal_sign(price) <= 0) return;
  int32_t code = inverse ? bourse_decimal_mul(rate, &row->funding, price)
                         : bourse_decimal_div(rate, &row->funding, price, 18, BOURSE_ROUND_HALF_EVEN);
  if (code != BOURSE_OK)
    memset(rate, 0, sizeof *rate);
  else
    bourse_decimal_trim(rate, rate);
}

/* Funding is settled every hour. */
static int32_t append_rate(bourse_call *call, ticker_row *row, int32_t inverse) {
  if (!is_perpetual(row)) return BOURSE_OK;
  bourse_funding_rate *record = bourse_append(call, BOURSE_KIND_FUNDING_RATE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->symbol = row->ticker.symbol;
  record->id = row->ticker.id;
  record->interval_ns = HOUR;
  record->mark_price = row->ticker.mark_price;
  record->index_price = row->ticker.index_price;
  set_rate(row, inverse, &record->rate);
  if (call->now_ns > 0) record->next_time_ns = call->now_ns - call->now_ns % HOUR + HOUR;
  return BOURSE_OK;
}

static int32_t append_interest(bourse_call *call, const ticker_row *row, int32_t inverse) {
  bourse_open_interest *record = bourse_append(call, BOURSE_KIND_OPEN_INTEREST);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->symbol = row->ticker.symbol;
  record->id = row->ticker.id;
  record->contracts = row->ticker.open_interest;
  if (inverse)
    record->value = row->ticker.open_interest; /* contracts of one quote unit */
  else
    record->amount = row->ticker.open_interest;
  return BOURSE_OK;
}

static int32_t append_ticker(bourse_call *call, ticker_row *row, int32_t inverse) {
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  *ticker = row->ticker;
  ticker->contracts_volume = row->volume;
  if (!inverse) ticker->base_volume = row->volume;
  if (PRESENT(ticker->last) && PRESENT(ticker->open)) bourse_decimal_sub(&ticker->change, &ticker->last, &ticker->open);
  if (call->operation == BOURSE_OP_FETCH_MARK_PRICES) ticker->time_ns = 0; /* that of the last trade */
  return BOURSE_OK;
}

/* Indexes stand among the tickers: they have a price and are no markets. */
static int32_t is_index(const ticker_row *row) {
  return strncmp(row->ticker.id, "IN_", 3) == 0 || strncmp(row->ticker.id, "RR_", 3) == 0 ||
         strncmp(row->ticker.id, "OF_", 3) == 0;
}

static int32_t ticker_row_read(bourse_call *call, bourse_decoder *decoder) {
  ticker_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &ticker_table, &row);
  if (code != BOURSE_OK || is_index(&row) || !bourse__kraken_futures_is_wanted(call, row.ticker.id)) return code;
  int32_t inverse = bourse__kraken_futures_is_inverse(call, row.ticker.id);
  switch (call->operation) {
    case BOURSE_OP_FETCH_FUNDING_RATE:
    case BOURSE_OP_FETCH_FUNDING_RATES: return append_rate(call, &row, inverse);
    case BOURSE_OP_FETCH_OPEN_INTEREST: return append_interest(call, &row, inverse);
    default: return append_ticker(call, &row, inverse);
  }
}

typedef struct ticker_reply {
  int32_t list;
  int32_t one;
} ticker_reply;

static int32_t read_tickers(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "tickers", ticker_row_read);
}

static int32_t read_ticker(bourse_decoder *decoder, void *member) {
  (void)member;
  return ticker_row_read(decoder->user_data, decoder);
}

static const bourse_field ticker_reply_fields[] = {
    BOURSE_FIELD_CUSTOM("tickers", ticker_reply, list, read_tickers),
    BOURSE_FIELD_CUSTOM("ticker", ticker_reply, one, read_ticker),
};
static const bourse_table ticker_reply_table = BOURSE_TABLE(ticker_reply_fields);

FUTURES_PARSE(tickers) {
  ticker_reply ignored;
  int32_t code = bourse__kraken_futures_object(call, reply, &ticker_reply_table, &ignored);
  return code == BOURSE_OK ? bourse_read_found(call) : code;
}

/* --- One market --- */

FUTURES_BUILD(symbol) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  return BOURSE_OK;
}

FUTURES_BUILD(one_market) {
  const bourse_market *market = bourse_need_market(call);
  return market == NULL ? BOURSE_ERROR_ARGUMENT : bourse_set_path(call, market->id, NULL, NULL);
}

typedef struct book_reply {
  bourse_level_list sides[2];
  int64_t time_ns;
} book_reply;

static const bourse_field side_fields[] = {
    BOURSE_FIELD_FULL("bids", CUSTOM, book_reply, sides[0], BOURSE_FIELD_REQUIRED, NULL, bourse_decode_level_list),
    BOURSE_FIELD_FULL("asks", CUSTOM, book_reply, sides[1], BOURSE_FIELD_REQUIRED, NULL, bourse_decode_level_list),
};
static const bourse_table side_table = BOURSE_TABLE(side_fields);

static const bourse_field book_fields[] = {
    BOURSE_FIELD_FULL("orderBook", OBJECT, book_reply, sides, BOURSE_FIELD_REQUIRED, &side_table, NULL),
    FUTURES_TIME("serverTime", book_reply, time_ns),
};
static const bourse_table book_table = BOURSE_TABLE(book_fields);

FUTURES_PARSE(depth) {
  book_reply wire;
  memset(&wire, 0, sizeof wire);
  int32_t code = bourse__kraken_futures_object(call, reply, &book_table, &wire);
  if (code != BOURSE_OK) return code;
  bourse_order_book *book = bourse_append_book(call, &wire.sides[0], &wire.sides[1]);
  if (book == NULL) return BOURSE_ERROR_MEMORY;
  book->time_ns = wire.time_ns;
  return BOURSE_OK;
}

/* --- Trades --- */

typedef struct trade_row {
  bourse_trade trade;
  const char *number;
  const char *uid;
  bourse_slice type;
} trade_row;

const bourse_name bourse__kraken_futures_sides[] = {{"buy", BOURSE_SIDE_BUY},
                                                    {"sell", BOURSE_SIDE_SELL},
                                                    {"Buy", BOURSE_SIDE_BUY},
                                                    {"Sell", BOURSE_SIDE_SELL},
                                                    {NULL, 0}};

static const bourse_field trade_fields[] = {
    FUTURES_TIME("time", trade_row, trade.time_ns),
    BOURSE_FIELD("trade_id", ID, trade_row, number),
    BOURSE_FIELD_MUST("price", DECIMAL, trade_row, trade.price),
    BOURSE_FIELD_MUST("size", DECIMAL, trade_row, trade.amount),
    BOURSE_FIELD_ENUM("side", trade_row, trade.side, bourse__kraken_futures_sides),
    BOURSE_FIELD("type", SLICE, trade_row, type),
    BOURSE_FIELD("uid", STRING, trade_row, uid),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

static void finish_trade(bourse_call *call, bourse_trade *trade) {
  trade->symbol = call->market == NULL ? NULL : call->market->symbol;
  trade->contracts = trade->amount;
  if (call->market != NULL && call->market->product == BOURSE_PRODUCT_INVERSE)
    bourse_decimal_mul(&trade->cost, &trade->amount, &call->market->contract_size);
  else
    bourse_decimal_mul(&trade->cost, &trade->price, &trade->amount);
}

static int32_t trade_row_read(bourse_call *call, bourse_decoder *decoder) {
  trade_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &trade_table, &row);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.trade.time_ns != 0, "time");
  if (code != BOURSE_OK) return code;
  bourse_trade *trade = bourse_append(call, BOURSE_KIND_TRADE);
  if (trade == NULL) return BOURSE_ERROR_MEMORY;
  *trade = row.trade;
  trade->id = row.uid != NULL ? row.uid : row.number;
  finish_trade(call, trade);
  return BOURSE_OK;
}

FUTURES_BUILD(trades) { return bourse__kraken_futures_build_symbol(call); }
FUTURES_PARSE(trades) { return bourse__kraken_futures_list(call, reply, "history", trade_row_read); }

/* The history tells of both orders; the taker's side is that of the trade. */
typedef struct executed_row {
  bourse_trade trade;
  int32_t found;
  int32_t reserved;
} executed_row;

static const bourse_field taker_fields[] = {
    BOURSE_FIELD_ENUM("direction", executed_row, trade.side, bourse__kraken_futures_sides)};
static const bourse_table taker_table = BOURSE_TABLE(taker_fields);

static int32_t read_taker(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &taker_table, member);
}

static const bourse_field executed_fields[] = {
    BOURSE_FIELD("uid", STRING, executed_row, trade.id),
    BOURSE_FIELD_CUSTOM("takerOrder", executed_row, trade, read_taker),
    FUTURES_TIME("timestamp", executed_row, trade.time_ns),
    BOURSE_FIELD_MUST("quantity", DECIMAL, executed_row, trade.amount),
    BOURSE_FIELD_MUST("price", DECIMAL, executed_row, trade.price),
};
static const bourse_table executed_table = BOURSE_TABLE(executed_fields);

static int32_t read_executed(bourse_decoder *decoder, void *member) {
  executed_row *row = member;
  row->found = 1;
  return bourse_decode_object(decoder, &executed_table, row);
}

static const bourse_field inner_fields[] = {
    BOURSE_FIELD_FULL("execution", CUSTOM, executed_row, trade, BOURSE_FIELD_REQUIRED, NULL, read_executed),
};
static const bourse_table inner_table = BOURSE_TABLE(inner_fields);
static int32_t read_inner(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &inner_table, member);
}

static const bourse_field event_fields[] = {
    BOURSE_FIELD_CUSTOM("Execution", executed_row, trade, read_inner),
    BOURSE_FIELD_CUSTOM("execution", executed_row, trade, read_inner),
};
static const bourse_table event_table = BOURSE_TABLE(event_fields);
static int32_t read_event(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &event_table, member);
}

static const bourse_field element_fields[] = {
    BOURSE_FIELD_FULL("event", CUSTOM, executed_row, trade, BOURSE_FIELD_REQUIRED, NULL, read_event),
};
static const bourse_table element_table = BOURSE_TABLE(element_fields);
_Static_assert(offsetof(executed_row, trade) == 0, "levels of an event are read through the address of the row");

static int32_t element_row(bourse_call *call, bourse_decoder *decoder) {
  executed_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &element_table, &row);
  call->scratch[SCRATCH_ROWS]++;
  if (code != BOURSE_OK || !row.found) return code;
  code = bourse_decode_need(decoder, row.trade.time_ns != 0, "timestamp");
  if (code != BOURSE_OK) return code;
  bourse_trade *trade = bourse_append(call, BOURSE_KIND_TRADE);
  if (trade == NULL) return BOURSE_ERROR_MEMORY;
  *trade = row.trade;
  finish_trade(call, trade);
  return BOURSE_OK;
}

static int32_t read_elements(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "elements", element_row);
}

typedef struct page_reply {
  int32_t elements;
  int32_t reserved;
  const char *token;
} page_reply;

static const bourse_field page_fields[] = {
    BOURSE_FIELD_FULL("elements", CUSTOM, page_reply, elements, BOURSE_FIELD_REQUIRED, NULL, read_elements),
    BOURSE_FIELD("continuationToken", STRING, page_reply, token),
};
static const bourse_table page_table = BOURSE_TABLE(page_fields);

FUTURES_BUILD(executed_trades) {
  int32_t code = bourse__kraken_futures_build_one_market(call);
  if (code == BOURSE_OK) bourse__kraken_futures_put_page(call, FUTURES_PAGE_MAX);
  return code;
}

FUTURES_PARSE(executed_trades) {
  page_reply wire = {0, 0, NULL};
  call->scratch[SCRATCH_ROWS] = 0;
  int32_t code = bourse__kraken_futures_object(call, reply, &page_table, &wire);
  if (code != BOURSE_OK) return code;
  return bourse__kraken_futures_next_page(call, wire.token, (uint32_t)call->scratch[SCRATCH_ROWS]);
}

/* --- Candles --- */

static const bourse_interval intervals[] = {
    {"1m", NULL, KRAKEN_MINUTE},
    {"5m", NULL, 5 * KRAKEN_MINUTE},
    {"15m", NULL, 15 * KRAKEN_MINUTE},
    {"30m", NULL, 30 * KRAKEN_MINUTE},
    {"1h", NULL, HOUR},
    {"4h", NULL, 4 * HOUR},
    {"12h", NULL, 12 * HOUR},
    {"1d", NULL, KRAKEN_DAY},
    {"1w", NULL, 7 * KRAKEN_DAY},
};

static const char *chart_of(const bourse_call *call) {
  switch (call->request->price_kind) {
    case BOURSE_PRICE_MARK: return "mark";
    case BOURSE_PRICE_INDEX: return "spot";
    case BOURSE_PRICE_PREMIUM: return NULL;
    default: return "trade";
  }
}

/* Seconds from and to, both included. */
static void put_seconds(bourse_call *call, const char *from, const char *to, int64_t length_ns) {
  int64_t since_ns = call->since_ns, until_ns = call->until_ns;
  if (call->limit > 0 && length_ns > 0) {
    int64_t span_ns = (int64_t)call->limit * length_ns;
    if (since_ns == 0) {
      if (until_ns == 0) until_ns = call->now_ns;
      since_ns = until_ns > span_ns ? until_ns - span_ns : KRAKEN_SECOND;
    } else if (since_ns < INT64_MAX - span_ns && (until_ns == 0 || until_ns > since_ns + span_ns)) {
      until_ns = since_ns + span_ns - KRAKEN_SECOND;
    }
  }
  if (since_ns != 0) bourse_put_int(call, from, since_ns / KRAKEN_SECOND + (since_ns % KRAKEN_SECOND > 0));
  if (until_ns != 0) bourse_put_int(call, to, until_ns / KRAKEN_SECOND);
}

FUTURES_BUILD(candles) {
  const bourse_market *market = bourse_need_market(call);
  const char *chart = chart_of(call);
  const bourse_interval *interval = market == NULL ? NULL : bourse_find_interval(call, BOURSE_ROWS(intervals));
  if (interval == NULL) return BOURSE_ERROR_ARGUMENT;
  if (chart == NULL)
    return bourse_unsupported(call, "price_kind", "futures have charts of last, mark and index prices");
  put_seconds(call, "from", "to", interval->length_ns);
  return bourse_set_path(call, chart, market->id, interval->timeframe);
}

static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("time", TIME_MS, bourse_candle, time_ns), BOURSE_FIELD_MUST("open", DECIMAL, bourse_candle, open),
    BOURSE_FIELD_MUST("high", DECIMAL, bourse_candle, high),    BOURSE_FIELD_MUST("low", DECIMAL, bourse_candle, low),
    BOURSE_FIELD_MUST("close", DECIMAL, bourse_candle, close),  BOURSE_FIELD("volume", DECIMAL, bourse_candle, volume),
};
static const bourse_table candle_table = BOURSE_TABLE(candle_fields);

static int32_t candle_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_candle *candle = bourse_append(call, BOURSE_KIND_CANDLE);
  if (candle == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse_decode_object(decoder, &candle_table, candle);
  if (code == BOURSE_OK) bourse_end_candle(call, candle, BOURSE_ROWS(intervals));
  return code;
}

FUTURES_PARSE(candles) { return bourse__kraken_futures_list(call, reply, "candles", candle_row_read); }

/* --- Past funding --- */

static const bourse_field rate_fields[] = {
    BOURSE_FIELD_FULL("timestamp", CUSTOM, bourse_funding_rate, time_ns, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kraken_futures_read_time),
    BOURSE_FIELD_MUST("relativeFundingRate", DECIMAL, bourse_funding_rate, rate),
    BOURSE_FIELD("fundingRate", CHECK, bourse_funding_rate, rate), /* absolute */
};
static const bourse_table rate_table = BOURSE_TABLE(rate_fields);

static int32_t is_outside(const bourse_call *call, int64_t time_ns) {
  return time_ns < call->request->since_ns || (call->request->until_ns != 0 && time_ns > call->request->until_ns);
}

/* The whole history comes at once. */
static int32_t rate_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_funding_rate rate;
  memset(&rate, 0, sizeof rate);
  int32_t code = bourse_decode_object(decoder, &rate_table, &rate);
  if (code != BOURSE_OK || is_outside(call, rate.time_ns)) return code;
  bourse_funding_rate *record = bourse_append(call, BOURSE_KIND_FUNDING_RATE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = rate;
  record->interval_ns = HOUR;
  if (call->market == NULL) return BOURSE_OK;
  record->symbol = call->market->symbol;
  record->id = call->market->id;
  return BOURSE_OK;
}

FUTURES_PARSE(funding_history) { return bourse__kraken_futures_list(call, reply, "rates", rate_row); }

/* --- Past open interest: {"result": {"timestamp": [seconds], "data": [[open, high, low, close]]}} --- */

FUTURES_BUILD(interest_history) {
  const bourse_market *market = bourse_need_market(call);
  const char *timeframe = call->request->timeframe == NULL ? "1h" : call->request->timeframe;
  const bourse_interval *interval =
      market == NULL ? NULL : bourse_named_interval(call, BOURSE_ROWS(intervals), timeframe);
  if (interval == NULL) return BOURSE_ERROR_ARGUMENT;
  const int64_t length_ns = interval->length_ns;
  put_seconds(call, "since", "to", length_ns);
  if (bourse_get_param(call, "since") == NULL) /* it must be given */
    bourse_put_int(call, "since", (call->now_ns - 100 * length_ns) / KRAKEN_SECOND);
  bourse_put_int(call, "interval", length_ns / KRAKEN_SECOND);
  return bourse_set_path(call, market->id, NULL, NULL);
}

typedef struct interest_row {
  bourse_decimal open;
  bourse_decimal high;
  bourse_decimal low;
  bourse_decimal close;
} interest_row;

static const bourse_field interest_fields[] = {
    BOURSE_FIELD("open", DECIMAL, interest_row, open),
    BOURSE_FIELD("high", DECIMAL, interest_row, high),
    BOURSE_FIELD("low", DECIMAL, interest_row, low),
    BOURSE_FIELD_MUST("close", DECIMAL, interest_row, close),
};
static const bourse_table interest_table = BOURSE_TABLE(interest_fields);

typedef struct interest_reply {
  bourse_slice times;
  bourse_slice values;
} interest_reply;

static const bourse_field series_fields[] = {
    BOURSE_FIELD_FULL("timestamp", RAW, interest_reply, times, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_FULL("data", RAW, interest_reply, values, BOURSE_FIELD_REQUIRED, NULL, NULL),
};
static const bourse_table series_table = BOURSE_TABLE(series_fields);
static const bourse_field analytics_fields[] = {
    BOURSE_FIELD_FULL("result", OBJECT, interest_reply, times, BOURSE_FIELD_REQUIRED, &series_table, NULL),
};
static const bourse_table analytics_table = BOURSE_TABLE(analytics_fields);
_Static_assert(offsetof(interest_reply, times) == 0, "the series are read through the address of the reply");

static int32_t append_open_interest(bourse_call *call, int64_t time_ns, const bourse_decimal *value) {
  if (is_outside(call, time_ns)) return BOURSE_OK;
  bourse_open_interest *record = bourse_append(call, BOURSE_KIND_OPEN_INTEREST);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->time_ns = time_ns;
  record->contracts = *value;
  if (call->market == NULL) return BOURSE_OK;
  record->symbol = call->market->symbol;
  record->id = call->market->id;
  if (call->market->product == BOURSE_PRODUCT_INVERSE)
    record->value = *value;
  else
    record->amount = *value;
  return BOURSE_OK;
}

/* Both series side by side. */
static int32_t read_series(bourse_call *call, const interest_reply *wire, bourse_decoder *times,
                           bourse_decoder *values) {
  bourse_decode_init(times, call->arena, wire->times.data, wire->times.length, call);
  bourse_decode_init(values, call->arena, wire->values.data, wire->values.length, call);
  int32_t code = bourse_decode_array_begin(times, "timestamp");
  if (code == BOURSE_OK) code = bourse_decode_array_begin(values, "data");
  while (code == BOURSE_OK) {
    interest_row row;
    int64_t time_ns = 0;
    int32_t more = bourse_decode_array_next(times), value = bourse_decode_array_next(values);
    if (!more && !value) break;
    if (more != value) return bourse_decode_fail(values, BOURSE_ERROR_BAD_REPLY, "data", "not as many as timestamps");
    memset(&row, 0, sizeof row);
    code = bourse_decode_value(times, BOURSE_AS_TIME_S, NULL, "timestamp", &time_ns);
    if (code == BOURSE_OK)
      code = bourse_json_kind(&values->json) == BOURSE_JSON_ARRAY
                 ? bourse_decode_row(values, &interest_table, &row)
                 : bourse_decode_value(values, BOURSE_AS_DECIMAL, NULL, "data", &row.close);
    if (code == BOURSE_OK) code = append_open_interest(call, time_ns, &row.close);
  }
  return code;
}

FUTURES_PARSE(interest_history) {
  bourse_decoder times, values;
  interest_reply wire = {{NULL, 0}, {NULL, 0}};
  int32_t code = bourse__kraken_futures_object(call, reply, &analytics_table, &wire);
  if (code != BOURSE_OK) return code;
  code = read_series(call, &wire, &times, &values);
  if (times.error != BOURSE_OK) return bourse_decode_end(call, &times);
  return values.error != BOURSE_OK ? bourse_decode_end(call, &values) : code;
}
