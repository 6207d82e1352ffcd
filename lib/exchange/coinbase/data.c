/* exchange/coinbase/data.c - public market data. Sizes of futures are in contracts. */
#include <inttypes.h>
#include <string.h>

#include "exchange/coinbase/coinbase.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Time --- */

static const bourse_field time_fields[] = {BOURSE_FIELD_MUST("epochMillis", TIME_MS, bourse_server_time, time_ns)};
static const bourse_table time_table = BOURSE_TABLE(time_fields);

PARSE(time) {
  bourse_server_time *time = bourse_append(call, BOURSE_KIND_SERVER_TIME);
  return time == NULL ? BOURSE_ERROR_MEMORY : bourse_read_object(call, reply, &time_table, time);
}

/* --- Trades, and the ticker that comes with them --- */

/* Sides are those of the makers. */
static const bourse_name taker_sides[] = {{"BUY", BOURSE_SIDE_SELL}, {"SELL", BOURSE_SIDE_BUY}, {NULL, 0}};

static const bourse_field trade_fields[] = {
    BOURSE_FIELD_MUST("trade_id", ID, bourse_trade, id),
    BOURSE_FIELD_MUST("price", DECIMAL, bourse_trade, price),
    BOURSE_FIELD_MUST("size", DECIMAL, bourse_trade, amount),
    BOURSE_FIELD_MUST("time", TIME_ISO, bourse_trade, time_ns),
    BOURSE_FIELD_ENUM("side", bourse_trade, side, taker_sides),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

static int32_t put_market(bourse_call *call) {
  const bourse_market *market = bourse_need_market(call);
  return market == NULL ? BOURSE_ERROR_ARGUMENT : bourse_set_path(call, market->id, NULL, NULL);
}

BUILD(ticker) {
  bourse_put_int(call, "limit", 1);
  return put_market(call);
}

typedef struct ticker_row {
  bourse_ticker ticker;
  int32_t trades;
} ticker_row;

/* The newest trade is the first. */
static int32_t read_last(bourse_decoder *decoder, void *member) {
  ticker_row *row = (ticker_row *)(void *)((char *)member - offsetof(ticker_row, trades));
  int32_t code = bourse_decode_array_begin(decoder, "trades");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    bourse_trade trade;
    memset(&trade, 0, sizeof trade);
    code = bourse_decode_object(decoder, &trade_table, &trade);
    if (code != BOURSE_OK || row->trades++ > 0) continue;
    row->ticker.last = trade.price;
    row->ticker.last_amount = trade.amount;
    row->ticker.time_ns = trade.time_ns;
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field ticker_fields[] = {
    BOURSE_FIELD_CUSTOM("trades", ticker_row, trades, read_last),
    BOURSE_FIELD("best_bid", DECIMAL, ticker_row, ticker.bid),
    BOURSE_FIELD("best_ask", DECIMAL, ticker_row, ticker.ask),
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);

PARSE(ticker) {
  ticker_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_read_object(call, reply, &ticker_table, &row);
  if (code != BOURSE_OK) return code;
  if (!PRESENT(row.ticker.last) && !PRESENT(row.ticker.bid) && !PRESENT(row.ticker.ask))
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "trades", "the reply has neither a trade nor a best price");
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  *ticker = row.ticker;
  if (call->market == NULL) return BOURSE_OK;
  bourse_from_contracts(call->market, &ticker->last_amount, &ticker->last_amount);
  ticker->symbol = call->market->symbol;
  ticker->id = call->market->id;
  return BOURSE_OK;
}

/* The exchange wants a limit, and answers the newest of the time asked for. */
#define TRADES_DEFAULT 100

BUILD(trades) {
  if (call->since_ns != 0) bourse_put_int(call, "start", call->since_ns / COINBASE_SECOND);
  if (call->until_ns != 0) bourse_put_int(call, "end", (call->until_ns + COINBASE_SECOND - 1) / COINBASE_SECOND);
  bourse_put_uint(call, "limit", call->limit != 0 ? call->limit : TRADES_DEFAULT);
  return put_market(call);
}

static int32_t trade_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_trade row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &trade_table, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.time_ns)) return code;
  bourse_trade *trade = bourse_append(call, BOURSE_KIND_TRADE);
  if (trade == NULL) return BOURSE_ERROR_MEMORY;
  *trade = row;
  trade->aggregated = BOURSE_NO;
  if (call->market != NULL) {
    trade->symbol = call->market->symbol;
    if (call->market->product == BOURSE_PRODUCT_LINEAR) trade->contracts = trade->amount;
    bourse_from_contracts(call->market, &trade->amount, &trade->amount);
  }
  bourse_decimal_mul(&trade->cost, &trade->price, &trade->amount);
  return BOURSE_OK;
}

PARSE(trades) { return bourse_read_page(call, reply, "trades", NULL, trade_row, NULL); }

/* --- Order book, best prices --- */

static const bourse_field level_fields[] = {
    BOURSE_FIELD_MUST("price", DECIMAL, bourse_level, price),
    BOURSE_FIELD_MUST("size", DECIMAL, bourse_level, amount),
};
static const bourse_table level_table = BOURSE_TABLE(level_fields);

static int32_t read_side(bourse_decoder *decoder, void *member) {
  bourse_level_list *side = member;
  return bourse_decode_level_objects(decoder, &level_table, &side->levels, &side->count);
}

typedef struct book_row {
  const char *names[2]; /* symbol and id */
  bourse_level_list bids;
  bourse_level_list asks;
  int64_t time_ns;
} book_row;

static const bourse_field book_fields[] = {
    BOURSE_FIELD_FULL("product_id", CUSTOM, book_row, names, BOURSE_FIELD_REQUIRED, NULL, bourse__coinbase_read_market),
    BOURSE_FIELD_FULL("bids", CUSTOM, book_row, bids, BOURSE_FIELD_REQUIRED, NULL, read_side),
    BOURSE_FIELD_FULL("asks", CUSTOM, book_row, asks, BOURSE_FIELD_REQUIRED, NULL, read_side),
    BOURSE_FIELD("time", TIME_ISO, book_row, time_ns),
};
static const bourse_table book_table = BOURSE_TABLE(book_fields);

typedef struct book_reply {
  book_row book;
  int32_t there;
} book_reply;

static int32_t read_book(bourse_decoder *decoder, void *member) {
  book_reply *row = member;
  row->there = 1;
  return bourse_decode_object(decoder, &book_table, &row->book);
}

static const bourse_field reply_fields[] = {
    BOURSE_FIELD_FULL("pricebook", CUSTOM, book_reply, book, BOURSE_FIELD_REQUIRED, NULL, read_book),
};
static const bourse_table reply_table = BOURSE_TABLE(reply_fields);
_Static_assert(offsetof(book_reply, book) == 0, "the book is read through the address of the reply");

BUILD(book) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "product_id", market->id);
  bourse_put_uint(call, "limit", call->limit);
  return BOURSE_OK;
}

static void scale(const bourse_market *market, bourse_level_list *side) {
  for (uint32_t i = 0; i < side->count; i++)
    bourse_from_contracts(market, &side->levels[i].amount, &side->levels[i].amount);
}

PARSE(book) {
  book_reply row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_read_object(call, reply, &reply_table, &row);
  if (code != BOURSE_OK) return code;
  scale(call->market, &row.book.bids);
  scale(call->market, &row.book.asks);
  bourse_order_book *book = bourse_append_book(call, &row.book.bids, &row.book.asks);
  if (book == NULL) return BOURSE_ERROR_MEMORY;
  if (book->id == NULL) {
    book->symbol = row.book.names[0];
    book->id = row.book.names[1];
  }
  book->time_ns = row.book.time_ns;
  return BOURSE_OK;
}

BUILD(bids_asks) {
  bourse__coinbase_put_products(call);
  return BOURSE_OK;
}

static int32_t best_row(bourse_call *call, bourse_decoder *decoder) {
  book_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &book_table, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.names[1])) return code;
  const bourse_market *market = bourse__coinbase_market(call, bourse_slice_of(row.names[1]));
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  ticker->symbol = row.names[0];
  ticker->id = row.names[1];
  ticker->time_ns = row.time_ns;
  scale(market, &row.bids);
  scale(market, &row.asks);
  if (row.bids.count > 0) ticker->bid = row.bids.levels[0].price, ticker->bid_amount = row.bids.levels[0].amount;
  if (row.asks.count > 0) ticker->ask = row.asks.levels[0].price, ticker->ask_amount = row.asks.levels[0].amount;
  return BOURSE_OK;
}

PARSE(bids_asks) { return bourse_read_page(call, reply, "pricebooks", NULL, best_row, NULL); }

/* --- Candles ---
 *
 * At most 350 of one request, from a start to an end that must both be given; those without trades are left out, so that a
 * page is over when its time is, and not when it has less than asked for. */

#define CANDLES_MAX 300

static const bourse_interval intervals[] = {
    {"1m", "ONE_MINUTE", COINBASE_MINUTE},
    {"5m", "FIVE_MINUTE", 5 * COINBASE_MINUTE},
    {"15m", "FIFTEEN_MINUTE", 15 * COINBASE_MINUTE},
    {"30m", "THIRTY_MINUTE", 30 * COINBASE_MINUTE},
    {"1h", "ONE_HOUR", COINBASE_HOUR},
    {"2h", "TWO_HOUR", 2 * COINBASE_HOUR},
    {"4h", "FOUR_HOUR", 4 * COINBASE_HOUR},
    {"6h", "SIX_HOUR", 6 * COINBASE_HOUR},
    {"1d", "ONE_DAY", 24 * COINBASE_HOUR},
};

/* The window of this request, in seconds: forward from since, else back from until or now. COINBASE_FOUND is where the one
 * before ended; 0: this is the first. */
static void set_window(bourse_call *call, int64_t length_s) {
  const bourse_request *request = call->request;
  int64_t wanted = request->limit == 0 ? CANDLES_MAX : request->limit, have = bourse_appended(call);
  int64_t rows = wanted - have < CANDLES_MAX ? wanted - have : CANDLES_MAX, edge = call->scratch[COINBASE_FOUND];
  int64_t last_s =
      (request->until_ns != 0 && request->until_ns < call->now_ns ? request->until_ns : call->now_ns) / COINBASE_SECOND;
  int64_t *from = &call->scratch[COINBASE_FROM], *to = &call->scratch[COINBASE_TO];
  if (rows < 1) rows = 1;
  if (request->since_ns != 0) {
    *from = edge == 0 ? (request->since_ns + COINBASE_SECOND - 1) / COINBASE_SECOND : edge;
    *to = *from + rows * length_s - 1;
    if (request->until_ns != 0 && *to > last_s) *to = last_s;
  } else {
    *to = edge == 0 ? last_s : edge;
    *from = *to - rows * length_s + 1;
  }
  if (*from < 0) *from = 0;
  if (*to < *from) *to = *from;
}

BUILD(candles) {
  const bourse_interval *interval = bourse_find_interval(call, BOURSE_ROWS(intervals));
  if (interval == NULL) return BOURSE_ERROR_ARGUMENT;
  if (call->request->price_kind != 0 && call->request->price_kind != BOURSE_PRICE_LAST)
    return bourse_unsupported(call, "price_kind", "markets have candles of the last price only");
  set_window(call, interval->length_ns / COINBASE_SECOND);
  bourse_put(call, "granularity", interval->native);
  bourse_put_int(call, "start", call->scratch[COINBASE_FROM]);
  bourse_put_int(call, "end", call->scratch[COINBASE_TO]);
  return put_market(call);
}

static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("start", TIME_S, bourse_candle, time_ns),
    BOURSE_FIELD_MUST("low", DECIMAL, bourse_candle, low),
    BOURSE_FIELD_MUST("high", DECIMAL, bourse_candle, high),
    BOURSE_FIELD_MUST("open", DECIMAL, bourse_candle, open),
    BOURSE_FIELD_MUST("close", DECIMAL, bourse_candle, close),
    BOURSE_FIELD_MUST("volume", DECIMAL, bourse_candle, volume),
};
static const bourse_table candle_table = BOURSE_TABLE(candle_fields);

static int32_t candle_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_candle row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &candle_table, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.time_ns)) return code;
  bourse_candle *candle = bourse_append(call, BOURSE_KIND_CANDLE);
  if (candle == NULL) return BOURSE_ERROR_MEMORY;
  const bourse_interval *interval = bourse_interval_of(BOURSE_ROWS(intervals), call->request->timeframe);
  *candle = row;
  bourse_from_contracts(call->market, &candle->volume, &candle->volume);
  if (interval == NULL) return BOURSE_OK;
  candle->close_time_ns = row.time_ns + interval->length_ns - COINBASE_MILLISECOND;
  candle->closed = candle->close_time_ns < call->now_ns ? BOURSE_YES : BOURSE_NO;
  return BOURSE_OK;
}

/* Back in time the first empty window is taken for the beginning of the market. */
PARSE(candles) {
  const bourse_request *request = call->request;
  bourse_page page = {NULL, 0};
  int64_t *edge = &call->scratch[COINBASE_FOUND];
  int32_t code = bourse_read_page(call, reply, "candles", NULL, candle_row, &page);
  if (code != BOURSE_OK || request->limit == 0 || bourse_appended(call) >= request->limit) return code;
  if (request->since_ns == 0) {
    *edge = call->scratch[COINBASE_FROM] - 1;
    return page.rows > 0 && *edge > 0 ? BOURSE_CONTINUE : BOURSE_OK;
  }
  int64_t last_ns = request->until_ns != 0 && request->until_ns < call->now_ns ? request->until_ns : call->now_ns;
  *edge = call->scratch[COINBASE_TO] + 1;
  return *edge * COINBASE_SECOND <= last_ns ? BOURSE_CONTINUE : BOURSE_OK;
}
