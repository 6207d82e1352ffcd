/* sim/okx_market.c - what is public: instruments, tickers, books, trades, candles, funding. Follows "Public Data" and "Market Data"
 * of the exchange's V5 documents. */
#include "okx.h"

static void add(cJSON *json, const char *name, const char *text) { cJSON_AddStringToObject(json, name, text); }

static void run_time(okx_call *call) {
  cJSON *row = cJSON_CreateObject();
  add(row, "ts", okx_ms(call->s, sim_now_ns(call->s)));
  okx_add(call, row);
}

static void run_status(okx_call *call) {
  if (!sim_fault(call->s, "maintenance", "/api/v5/system/status")) return;
  cJSON *row = cJSON_CreateObject();
  add(row, "title", "Maintenance of the trading service");
  add(row, "state", "ongoing");
  add(row, "begin", okx_ms(call->s, sim_now_ns(call->s) - OKX_SECOND));
  add(row, "end", okx_ms(call->s, sim_now_ns(call->s) + OKX_MINUTE));
  add(row, "preOpenBegin", "");
  add(row, "href", "");
  add(row, "serviceType", "5");
  add(row, "system", "unified");
  add(row, "scheDesc", "");
  add(row, "maintType", "1");
  add(row, "env", "1");
  add(row, "ts", okx_ms(call->s, sim_now_ns(call->s)));
  okx_add(call, row);
}

/* --- Instruments --- */

cJSON *okx_instrument_json(sim *s, uint32_t m) {
  static const char *const empty[] = {"alias", "auctionEndTime",       "contTdSwTime", "expTime", "optType",
                                      "stk",   "longPosRemainingQuota"};
  const paper_market *market = okx_market(s, m);
  const bourse_market *about = market->about;
  const char *step = okx_size_of(s, m, &about->amount_step), *most = okx_size_of(s, m, &about->amount_max);
  int32_t spot = okx_is_spot(m);
  cJSON *json = cJSON_CreateObject();
  add(json, "instType", okx_type(m));
  add(json, "instId", about->id);
  sim_json_add_integer(json, "instIdCode", okx_contracts[m].code);
  add(json, "uly", spot ? "" : okx_contracts[m].family);
  add(json, "instFamily", spot ? "" : okx_contracts[m].family);
  add(json, "baseCcy", spot ? about->base : "");
  add(json, "quoteCcy", spot ? about->quote : "");
  add(json, "settleCcy", spot ? "" : about->settle);
  add(json, "ctVal", spot ? "" : sim_decimal_text(&okx_contracts[m].value));
  add(json, "ctMult", spot ? "" : "1");
  add(json, "ctValCcy", spot ? "" : about->base);
  add(json, "ctType", spot ? "" : "linear");
  add(json, "category", "1");
  add(json, "groupId", spot ? "1" : "4");
  add(json, "instCategory", "1");
  add(json, "lever", spot ? "" : sim_units_text(market->leverage_max, 0, 0));
  add(json, "listTime", "1606468572000");
  add(json, "tickSz", sim_decimal_text(&about->price_tick));
  add(json, "lotSz", step);
  add(json, "minSz", step);
  add(json, "maxLmtSz", most);
  add(json, "maxMktSz", spot ? "1000000" : most);
  add(json, "maxLmtAmt", "20000000");
  add(json, "maxMktAmt", spot ? "1000000" : "");
  add(json, "maxTwapSz", most);
  add(json, "maxIcebergSz", most);
  add(json, "maxTriggerSz", most);
  add(json, "maxStopSz", most);
  add(json, "ruleType", "normal");
  add(json, "state", "live");
  add(json, "openType", "call_auction");
  cJSON_AddBoolToObject(json, "futureSettlement", 0);
  cJSON *quotes = cJSON_AddArrayToObject(json, "tradeQuoteCcyList");
  if (spot) cJSON_AddItemToArray(quotes, cJSON_CreateString(about->quote));
  for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) add(json, empty[i], "");
  return json;
}

typedef cJSON *(*market_writer)(sim *s, uint32_t market);

static void list_markets(okx_call *call, market_writer write, int32_t wants_type, int32_t only_swaps) {
  uint32_t mask;
  if (!okx_chosen(call, &mask, wants_type)) return;
  for (uint32_t m = only_swaps ? OKX_SPOT_MARKETS : 0; m < PAPER_MARKETS; m++)
    if ((mask >> m & 1) != 0) okx_add(call, write(call->s, m));
}

static void run_instruments(okx_call *call) { list_markets(call, okx_instrument_json, 1, 0); }

/* --- Tickers --- */

static void add_best(cJSON *json, sim *s, uint32_t m, int32_t side, const char *price, const char *size) {
  sim_level best = {0, 0};
  (void)sim_read_side(s, m, side, &best, 1);
  add(json, price, okx_price(s, m, best.price));
  add(json, size, okx_size(s, m, best.amount));
}

cJSON *okx_ticker_json(sim *s, uint32_t m) {
  const paper_market *market = okx_market(s, m);
  paper_bar day = bourse__feed_day(sim_feed(s), m);
  int64_t volume = (int64_t)(day.volume / market->unit_amount), now_ns = sim_now_ns(s),
          midnight = now_ns / OKX_DAY * 86400, now = now_ns / OKX_SECOND,
          eight = (now_ns / OKX_SECOND + 28800) / 86400 * 86400 - 28800;
  cJSON *json = cJSON_CreateObject();
  add(json, "instType", okx_type(m));
  add(json, "instId", market->about->id);
  add(json, "last", okx_price(s, m, market->last));
  add(json, "lastSz", okx_size(s, m, market->last_amount));
  add_best(json, s, m, 1, "askPx", "askSz");
  add_best(json, s, m, 0, "bidPx", "bidSz");
  add(json, "open24h", okx_price(s, m, day.open));
  add(json, "high24h", okx_price(s, m, day.high > market->last ? day.high : market->last));
  add(json, "low24h", okx_price(s, m, day.low < market->last ? day.low : market->last));
  add(json, "volCcy24h", okx_is_spot(m) ? sim_money_text(day.quote, -1) : sim_money_text(day.volume, -1));
  add(json, "vol24h", okx_size(s, m, volume));
  add(json, "ts", okx_ms(s, now_ns));
  add(json, "sodUtc0",
      okx_price(s, m, bourse__feed_price(sim_feed(s), m, BOURSE_PRICE_LAST, midnight < now ? midnight : now)));
  add(json, "sodUtc8",
      okx_price(s, m, bourse__feed_price(sim_feed(s), m, BOURSE_PRICE_LAST, eight < now ? eight : now)));
  return json;
}

static void run_ticker(okx_call *call) {
  int32_t market = okx_instrument(call);
  if (market >= 0) okx_add(call, okx_ticker_json(call->s, (uint32_t)market));
}

static void run_tickers(okx_call *call) { list_markets(call, okx_ticker_json, 1, 0); }

cJSON *okx_index_json(sim *s, uint32_t m) {
  const paper_market *market = okx_market(s, m);
  paper_bar day = bourse__feed_day(sim_feed(s), m);
  cJSON *json = cJSON_CreateObject();
  add(json, "instId", okx_contracts[m].family);
  add(json, "idxPx", okx_price(s, m, market->index_price != 0 ? market->index_price : market->last));
  add(json, "high24h", okx_price(s, m, day.high));
  add(json, "low24h", okx_price(s, m, day.low));
  add(json, "open24h", okx_price(s, m, day.open));
  add(json, "sodUtc0", okx_price(s, m, day.open));
  add(json, "sodUtc8", okx_price(s, m, day.open));
  add(json, "ts", okx_ms(s, sim_now_ns(s)));
  return json;
}

static void run_index(okx_call *call) {
  const char *id = okx_param(call, "instId"), *quote = okx_param(call, "quoteCcy");
  if (id == NULL && quote == NULL) {
    (void)okx_fail(call, 50015, "Either parameter quoteCcy or instId is required");
    return;
  }
  for (uint32_t m = 0; m < OKX_SPOT_MARKETS; m++)
    if ((id == NULL || strcmp(id, okx_contracts[m].family) == 0) &&
        (quote == NULL || strcmp(quote, okx_market(call->s, m)->about->quote) == 0))
      okx_add(call, okx_index_json(call->s, m));
}

/* --- Books --- */

static cJSON *side_json(sim *s, uint32_t m, int32_t side, int64_t depth, int32_t old) {
  cJSON *list = cJSON_CreateArray();
  sim_level *levels = malloc((size_t)depth * sizeof *levels);
  if (levels == NULL) abort();
  uint32_t count = sim_read_side(s, m, side, levels, (uint32_t)depth);
  for (uint32_t i = 0; i < count; i++) {
    cJSON *row = cJSON_CreateArray();
    cJSON_AddItemToArray(row, cJSON_CreateString(okx_price(s, m, levels[i].price)));
    cJSON_AddItemToArray(row, cJSON_CreateString(okx_size(s, m, levels[i].amount)));
    if (old) cJSON_AddItemToArray(row, cJSON_CreateString("0"));
    cJSON_AddItemToArray(row, cJSON_CreateString("1"));
    cJSON_AddItemToArray(list, row);
  }
  free(levels);
  return list;
}

static void tell_book(okx_call *call, int64_t most, int32_t old) {
  sim *s = call->s;
  int64_t depth;
  int32_t market = okx_instrument(call);
  if (market < 0 || !okx_whole(call, &depth, "sz", 1)) return;
  if (depth < 1 || depth > most) {
    (void)okx_fail(call, 51000, "Parameter sz error");
    return;
  }
  okx_stream_flush(s); /* its number is that of the stream */
  cJSON *json = cJSON_CreateObject();
  cJSON_AddItemToObject(json, "asks", side_json(s, (uint32_t)market, 1, depth, old));
  cJSON_AddItemToObject(json, "bids", side_json(s, (uint32_t)market, 0, depth, old));
  add(json, "ts", okx_ms(s, sim_now_ns(s)));
  if (old) sim_json_add_integer(json, "seqId", okx_book_sequence(s, (uint32_t)market));
  okx_add(call, json);
}

static void run_book(okx_call *call) { tell_book(call, 400, 1); }
static void run_full_book(okx_call *call) { tell_book(call, 5000, 0); }

/* --- Trades --- */

cJSON *okx_trade_json(sim *s, const paper_trade *trade, int32_t on_stream) {
  cJSON *row = cJSON_CreateObject();
  add(row, "instId", okx_market(s, trade->market)->about->id);
  add(row, "tradeId", sim_units_text((int64_t)trade->id, 0, 0));
  add(row, "px", okx_price(s, trade->market, trade->price));
  add(row, "sz", okx_size(s, trade->market, trade->amount));
  add(row, "side", trade->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  add(row, "ts", okx_ms(s, trade->time_ns));
  if (on_stream) add(row, "count", "1");
  add(row, "source", "0");
  if (on_stream) sim_json_add_integer(row, "seqId", okx_book_sequence(s, trade->market));
  return row;
}

/* Newest first; history is paged by the trade's id or its time. */
static void list_trades(okx_call *call, int64_t usual, int64_t most) {
  sim *s = call->s;
  okx_page page;
  const char *type = okx_param(call, "type"), *limit = okx_param(call, "limit");
  int32_t market = okx_instrument(call), by_time = type != NULL && strcmp(type, "2") == 0;
  if (market < 0 || !okx_read_page(call, &page, most)) return;
  if (limit == NULL) page.limit = usual;
  for (uint32_t i = sim_trade_count(s, (uint32_t)market); i-- > 0 && page.limit > 0;) {
    const paper_trade *trade = sim_trade_at(s, (uint32_t)market, i);
    uint64_t ms = (uint64_t)((trade->time_ns + sim_skew_ns(s)) / OKX_MS);
    if (!okx_within(&page, by_time ? ms : trade->id, (int64_t)ms)) continue;
    okx_add(call, okx_trade_json(s, trade, 0));
    page.limit--;
  }
}

static void run_trades(okx_call *call) { list_trades(call, 100, 500); }
static void run_old_trades(okx_call *call) { list_trades(call, 100, 100); }

/* --- Candles --- */

#define MONTHS   0
#define QUARTERS -1

const sim_interval okx_intervals[OKX_INTERVALS + 1] = {
    {"1s", OKX_SECOND},       {"1m", OKX_MINUTE},        {"3m", 3 * OKX_MINUTE}, {"5m", 5 * OKX_MINUTE},
    {"15m", 15 * OKX_MINUTE}, {"30m", 30 * OKX_MINUTE},  {"1H", OKX_HOUR},       {"2H", 2 * OKX_HOUR},
    {"4H", 4 * OKX_HOUR},     {"6H", 6 * OKX_HOUR},      {"12H", 12 * OKX_HOUR}, {"1D", OKX_DAY},
    {"2D", 2 * OKX_DAY},      {"3D", 3 * OKX_DAY},       {"1W", 7 * OKX_DAY},    {"1M", MONTHS},
    {"6Hutc", 6 * OKX_HOUR},  {"12Hutc", 12 * OKX_HOUR}, {"1Dutc", OKX_DAY},     {"2Dutc", 2 * OKX_DAY},
    {"3Dutc", 3 * OKX_DAY},   {"1Wutc", 7 * OKX_DAY},    {"1Mutc", MONTHS},      {NULL, 0},
};

int32_t okx_interval_of(const char *name) {
  for (int32_t i = 0; name != NULL && okx_intervals[i].name != NULL; i++)
    if (strcmp(okx_intervals[i].name, name) == 0) return i;
  return -1;
}

/* From six hours on, spans begin by the clock of Hong Kong, unless their names end with utc. */
static int64_t shift_of(int32_t i) {
  int32_t utc = strstr(okx_intervals[i].name, "utc") != NULL;
  return utc || (okx_intervals[i].ns != MONTHS && okx_intervals[i].ns < 6 * OKX_HOUR) ? 0 : 8 * OKX_HOUR;
}

int64_t okx_candle_open(int32_t i, int64_t time_ns) {
  return sim_candle_open(&okx_intervals[i], time_ns + shift_of(i)) - shift_of(i);
}

int64_t okx_candle_next(int32_t i, int64_t open_ns) {
  return sim_candle_next(&okx_intervals[i], open_ns + shift_of(i)) - shift_of(i);
}

static cJSON *candle_json(sim *s, uint32_t m, int32_t i, int32_t which, int64_t open_ns) {
  const paper_market *market = okx_market(s, m);
  int64_t next_ns = okx_candle_next(i, open_ns);
  paper_bar bar = bourse__feed_bar(sim_feed(s), m, which, open_ns, next_ns);
  if (bar.count == 0)
    bar.open = bar.high = bar.low = bar.close = bourse__feed_price(sim_feed(s), m, which, open_ns / OKX_SECOND);
  const int64_t prices[] = {bar.open, bar.high, bar.low, bar.close};
  cJSON *row = cJSON_CreateArray();
  cJSON_AddItemToArray(row, cJSON_CreateString(sim_units_text(open_ns / OKX_MS, 0, 0)));
  for (int32_t k = 0; k < 4; k++) cJSON_AddItemToArray(row, cJSON_CreateString(okx_price(s, m, prices[k])));
  if (which == BOURSE_PRICE_LAST) {
    const char *base = sim_money_text(bar.volume, -1), *quote = sim_money_text(bar.quote, -1);
    cJSON_AddItemToArray(row, cJSON_CreateString(okx_size(s, m, (int64_t)(bar.volume / market->unit_amount))));
    cJSON_AddItemToArray(row, cJSON_CreateString(okx_is_spot(m) ? quote : base));
    cJSON_AddItemToArray(row, cJSON_CreateString(quote));
  }
  cJSON_AddItemToArray(row, cJSON_CreateString(next_ns <= sim_now_ns(s) ? "1" : "0"));
  return row;
}

cJSON *okx_candle_json(sim *s, uint32_t m, int32_t i, int64_t open_ns) {
  return candle_json(s, m, i, BOURSE_PRICE_LAST, open_ns);
}

/* Newest first, before "after" and behind "before". */
static void list_candles(okx_call *call, int32_t which, int64_t most) {
  sim *s = call->s;
  okx_page page;
  const char *bar = okx_param(call, "bar"), *id = okx_param(call, "instId");
  int32_t market = -1, i = okx_interval_of(bar == NULL ? "1m" : bar);
  for (uint32_t m = 0; which == BOURSE_PRICE_INDEX && id != NULL && m < OKX_SPOT_MARKETS; m++)
    if (strcmp(okx_contracts[m].family, id) == 0) market = (int32_t)m;
  if (which != BOURSE_PRICE_INDEX) market = okx_instrument(call);
  if (market < 0 && !call->failed) (void)okx_fail(call, 51001, "Instrument ID doesn't exist.");
  if (call->failed || !okx_read_page(call, &page, most)) return;
  if (i < 0) {
    (void)okx_fail(call, 51000, "Parameter bar error");
    return;
  }
  if (okx_param(call, "limit") == NULL) page.limit = 100;
  int64_t now_ns = sim_now_ns(s), begin_ns = bourse__feed_begin(sim_feed(s)), from_ns = now_ns,
          after = page.after > (uint64_t)(now_ns / OKX_MS) ? now_ns / OKX_MS + 1 : (int64_t)page.after;
  if (after * OKX_MS <= now_ns) from_ns = after * OKX_MS - 1;
  for (int64_t open_ns = okx_candle_open(i, from_ns); page.limit-- > 0 && open_ns >= begin_ns;
       open_ns = okx_candle_open(i, open_ns - 1)) {
    if ((uint64_t)(open_ns / OKX_MS) <= page.before) break;
    okx_add(call, candle_json(s, (uint32_t)market, i, which, open_ns));
  }
}

static void run_candles(okx_call *call) { list_candles(call, BOURSE_PRICE_LAST, 300); }
static void run_mark_candles(okx_call *call) { list_candles(call, BOURSE_PRICE_MARK, 100); }
static void run_index_candles(okx_call *call) { list_candles(call, BOURSE_PRICE_INDEX, 100); }

/* --- Contracts --- */

cJSON *okx_mark_json(sim *s, uint32_t m) {
  cJSON *row = cJSON_CreateObject();
  add(row, "instType", okx_type(m));
  add(row, "instId", okx_market(s, m)->about->id);
  add(row, "markPx", okx_price(s, m, okx_mark(s, m)));
  add(row, "ts", okx_ms(s, sim_now_ns(s)));
  return row;
}

static void run_marks(okx_call *call) { list_markets(call, okx_mark_json, 1, 1); }

cJSON *okx_funding_json(sim *s, uint32_t m) {
  int64_t now_ns = sim_clock_ns(s), next_ns = now_ns / (8 * OKX_HOUR) * 8 * OKX_HOUR + 8 * OKX_HOUR;
  cJSON *row = cJSON_CreateObject();
  add(row, "instType", "SWAP");
  add(row, "instId", okx_market(s, m)->about->id);
  add(row, "method", "current_period");
  add(row, "formulaType", "withRate");
  add(row, "fundingRate", okx_funding_rate(s, m, sim_now_ns(s)));
  add(row, "nextFundingRate", "");
  add(row, "fundingTime", sim_units_text(next_ns / OKX_MS, 0, 0));
  add(row, "nextFundingTime", sim_units_text((next_ns + 8 * OKX_HOUR) / OKX_MS, 0, 0));
  add(row, "prevFundingTime", sim_units_text((next_ns - 8 * OKX_HOUR) / OKX_MS, 0, 0));
  add(row, "minFundingRate", "-0.00375");
  add(row, "maxFundingRate", "0.00375");
  add(row, "interestRate", "0.0001");
  add(row, "impactValue", "20000.0000000000000000");
  add(row, "settState", "settled");
  add(row, "settFundingRate", okx_funding_rate(s, m, (next_ns - 8 * OKX_HOUR) - sim_skew_ns(s)));
  add(row, "premium", sim_units_text(sim_premium(s, m, sim_now_ns(s)), 8, -1));
  add(row, "ts", okx_ms(s, sim_now_ns(s)));
  return row;
}

static int32_t swap(okx_call *call) {
  int32_t market = okx_instrument(call);
  if (market < 0 || !okx_is_spot((uint32_t)market)) return market;
  return okx_fail(call, 51000, "Parameter instId error") - 1;
}

static void run_funding(okx_call *call) {
  const char *id = okx_need(call, "instId");
  if (id == NULL) return;
  int32_t any = strcmp(id, "ANY") == 0, market = any ? 0 : swap(call);
  for (uint32_t m = OKX_SPOT_MARKETS; market >= 0 && m < PAPER_MARKETS; m++)
    if (any || m == (uint32_t)market) okx_add(call, okx_funding_json(call->s, m));
}

static void run_old_funding(okx_call *call) {
  sim *s = call->s;
  okx_page page;
  int32_t market = swap(call);
  if (market < 0 || !okx_read_page(call, &page, 400)) return;
  if (okx_param(call, "limit") == NULL) page.limit = 100;
  int64_t eight = 8 * OKX_HOUR, at = sim_now_ns(s) / eight * eight;
  for (; page.limit > 0 && at > bourse__feed_begin(sim_feed(s)); at -= eight) {
    if (!okx_within(&page, (uint64_t)(at / OKX_MS), at / OKX_MS)) {
      if ((uint64_t)(at / OKX_MS) <= page.before) break;
      continue;
    }
    cJSON *row = cJSON_CreateObject();
    add(row, "instType", "SWAP");
    add(row, "instId", okx_market(s, (uint32_t)market)->about->id);
    add(row, "fundingRate", okx_funding_rate(s, (uint32_t)market, at));
    add(row, "realizedRate", okx_funding_rate(s, (uint32_t)market, at));
    add(row, "fundingTime", sim_units_text(at / OKX_MS, 0, 0));
    add(row, "method", "current_period");
    add(row, "formulaType", "withRate");
    okx_add(call, row);
    page.limit--;
  }
}

cJSON *okx_interest_json(sim *s, uint32_t m) {
  const paper_market *market = okx_market(s, m);
  int64_t interest = bourse__feed_open_interest(sim_feed(s), m);
  paper_money worth = (paper_money)interest * market->last * market->unit_cost;
  cJSON *row = cJSON_CreateObject();
  add(row, "instType", "SWAP");
  add(row, "instId", market->about->id);
  add(row, "oi", okx_size(s, m, interest));
  add(row, "oiCcy", sim_units_text(interest, market->amount_scale, -1));
  add(row, "oiUsd", sim_money_text(worth, 2));
  add(row, "ts", okx_ms(s, sim_now_ns(s)));
  return row;
}

static void run_interest(okx_call *call) { list_markets(call, okx_interest_json, 1, 1); }

cJSON *okx_limit_json(sim *s, uint32_t m) {
  const paper_market *market = okx_market(s, m);
  int64_t now = okx_mark(s, m), high = now + now / 20, low = now - now / 20;
  cJSON *row = cJSON_CreateObject();
  add(row, "instType", okx_type(m));
  add(row, "instId", market->about->id);
  add(row, "buyLmt", okx_price(s, m, high - high % market->tick));
  add(row, "sellLmt", okx_price(s, m, low - low % market->tick));
  add(row, "ts", okx_ms(s, sim_now_ns(s)));
  cJSON_AddBoolToObject(row, "enabled", 1);
  return row;
}

static void run_limits(okx_call *call) {
  int32_t market = okx_instrument(call);
  if (market >= 0) okx_add(call, okx_limit_json(call->s, (uint32_t)market));
}

static cJSON *tier_json(sim *s, uint32_t m) {
  cJSON *row = cJSON_CreateObject();
  add(row, "uly", okx_contracts[m].family);
  add(row, "instFamily", okx_contracts[m].family);
  add(row, "instId", "");
  add(row, "tier", "1");
  add(row, "minSz", "0");
  add(row, "maxSz", "100000");
  add(row, "mmr", "0.005");
  add(row, "imr", "0.01");
  add(row, "maxLever", sim_units_text(okx_market(s, m)->leverage_max, 0, 0));
  add(row, "optMgnFactor", "0");
  add(row, "quoteMaxLoan", "");
  add(row, "baseMaxLoan", "");
  return row;
}

static void run_tiers(okx_call *call) {
  if (okx_need(call, "tdMode") != NULL) list_markets(call, tier_json, 1, 1);
}

#define PUBLIC(path_, limit_, seconds_, run_) \
  { "GET", "/api/v5/" path_, NULL, OKX_PUBLIC, OKX_BY_ADDRESS, limit_, seconds_, 0, 0, run_ }

const okx_row okx_market_rows[] = {
    PUBLIC("public/time", 10, 2, run_time),
    PUBLIC("system/status", 1, 5, run_status),
    PUBLIC("public/instruments", 20, 2, run_instruments),
    PUBLIC("market/ticker", 20, 2, run_ticker),
    PUBLIC("market/tickers", 20, 2, run_tickers),
    PUBLIC("market/index-tickers", 20, 2, run_index),
    PUBLIC("market/books", 40, 2, run_book),
    PUBLIC("market/books-full", 10, 2, run_full_book),
    PUBLIC("market/trades", 100, 2, run_trades),
    PUBLIC("market/history-trades", 20, 2, run_old_trades),
    PUBLIC("market/candles", 40, 2, run_candles),
    PUBLIC("market/history-candles", 20, 2, run_candles),
    PUBLIC("market/mark-price-candles", 20, 2, run_mark_candles),
    PUBLIC("market/history-mark-price-candles", 10, 2, run_mark_candles),
    PUBLIC("market/index-candles", 20, 2, run_index_candles),
    PUBLIC("market/history-index-candles", 10, 2, run_index_candles),
    PUBLIC("public/mark-price", 10, 2, run_marks),
    PUBLIC("public/price-limit", 20, 2, run_limits),
    PUBLIC("public/funding-rate", 10, 2, run_funding),
    PUBLIC("public/funding-rate-history", 10, 2, run_old_funding),
    PUBLIC("public/open-interest", 20, 2, run_interest),
    PUBLIC("public/position-tiers", 10, 2, run_tiers),
    {"GET", "/api/v5/account/instruments", NULL, OKX_READ, OKX_BY_USER, 20, 2, 0, 0, run_instruments},
    {0},
};
