/* sim/binance_usdm_market.c - what is public of USD-M: exchange information, books, tickers, marks, funding, open interest.
 * Follows "Market Data" of the exchange's USD-M documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binance_usdm.h"

static const char *id_of(sim *s, uint32_t market) { return usdm_market(s, market)->about->id; }

static void add_ms(cJSON *object, const char *name, int64_t time_ns) {
  sim_json_add_integer(object, name, time_ns / BINANCE_MS);
}

/* --- Exchange information --- */

static cJSON *filter(cJSON *list, const char *type) {
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "filterType", type);
  cJSON_AddItemToArray(list, row);
  return row;
}

static cJSON *filters_of(sim *s, uint32_t m) {
  const paper_market *market = usdm_market(s, m);
  static const char *const lots[] = {"LOT_SIZE", "MARKET_LOT_SIZE"};
  cJSON *list = cJSON_CreateArray(), *row = filter(list, "PRICE_FILTER");
  cJSON_AddStringToObject(row, "minPrice", binance_price(s, m, market->tick));
  cJSON_AddStringToObject(row, "maxPrice", "4529764");
  cJSON_AddStringToObject(row, "tickSize", binance_price(s, m, market->tick));
  for (int32_t i = 0; i < 2; i++) {
    row = filter(list, lots[i]);
    cJSON_AddStringToObject(row, "minQty", binance_amount(s, m, market->amount_min));
    cJSON_AddStringToObject(row, "maxQty", binance_amount(s, m, market->amount_max));
    cJSON_AddStringToObject(row, "stepSize", binance_amount(s, m, market->step));
  }
  sim_json_add_integer(filter(list, "MAX_NUM_ORDERS"), "limit", 200);
  cJSON_AddStringToObject(filter(list, "MIN_NOTIONAL"), "notional", sim_money_text(market->cost_min, -1));
  row = filter(list, "PERCENT_PRICE");
  cJSON_AddStringToObject(row, "multiplierUp", "1.5000");
  cJSON_AddStringToObject(row, "multiplierDown", "0.5000");
  cJSON_AddStringToObject(row, "multiplierDecimal", "4");
  return list;
}

static cJSON *symbol_json(sim *s, uint32_t m) {
  static const char *const forces[] = {"GTC", "IOC", "FOK", "GTX", "GTD"};
  const paper_market *market = usdm_market(s, m);
  const bourse_market *about = market->about;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", about->id);
  cJSON_AddStringToObject(json, "pair", about->id);
  cJSON_AddStringToObject(json, "contractType", "PERPETUAL");
  sim_json_add_integer(json, "deliveryDate", INT64_C(4133404800000));
  sim_json_add_integer(json, "onboardDate", INT64_C(1569398400000));
  cJSON_AddStringToObject(json, "status", "TRADING");
  cJSON_AddStringToObject(json, "maintMarginPercent", "2.5000");
  cJSON_AddStringToObject(json, "requiredMarginPercent", "5.0000");
  cJSON_AddStringToObject(json, "baseAsset", about->base);
  cJSON_AddStringToObject(json, "quoteAsset", about->quote);
  cJSON_AddStringToObject(json, "marginAsset", about->settle);
  sim_json_add_integer(json, "pricePrecision", market->price_scale);
  sim_json_add_integer(json, "quantityPrecision", market->amount_scale);
  sim_json_add_integer(json, "baseAssetPrecision", 8);
  sim_json_add_integer(json, "quotePrecision", 8);
  cJSON_AddStringToObject(json, "underlyingType", "COIN");
  cJSON_AddItemToObject(json, "underlyingSubType", cJSON_CreateArray());
  cJSON_AddStringToObject(json, "triggerProtect", "0.0500");
  cJSON_AddStringToObject(json, "liquidationFee", "0.012500");
  cJSON_AddStringToObject(json, "marketTakeBound", "0.05");
  sim_json_add_integer(json, "maxMoveOrderLimit", 10000);
  cJSON_AddItemToObject(json, "filters", filters_of(s, m));
  cJSON_AddItemToObject(json, "orderTypes", cJSON_CreateStringArray(usdm_types, USDM_LIQUIDATION));
  cJSON_AddItemToObject(json, "timeInForce", cJSON_CreateStringArray(forces, 5));
  return json;
}

static void add_rate(cJSON *list, const char *type, const char *interval, int64_t number, int64_t limit) {
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "rateLimitType", type);
  cJSON_AddStringToObject(row, "interval", interval);
  sim_json_add_integer(row, "intervalNum", number);
  sim_json_add_integer(row, "limit", limit);
  cJSON_AddItemToArray(list, row);
}

static void run_info(binance_call *call) {
  cJSON *json = cJSON_CreateObject(), *rates = cJSON_CreateArray(), *assets = cJSON_CreateArray(),
        *symbols = cJSON_CreateArray(), *asset = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "timezone", "UTC");
  add_ms(json, "serverTime", sim_clock_ns(call->s));
  cJSON_AddStringToObject(json, "futuresType", "U_MARGINED");
  add_rate(rates, "REQUEST_WEIGHT", "MINUTE", 1, BINANCE_FUTURES_LIMIT);
  add_rate(rates, "ORDERS", "MINUTE", 1, 1200);
  add_rate(rates, "ORDERS", "SECOND", 10, 300);
  cJSON_AddItemToObject(json, "rateLimits", rates);
  cJSON_AddItemToObject(json, "exchangeFilters", cJSON_CreateArray());
  cJSON_AddStringToObject(asset, "asset", usdm_market(call->s, USDM_FIRST)->about->settle);
  cJSON_AddBoolToObject(asset, "marginAvailable", 1);
  cJSON_AddStringToObject(asset, "autoAssetExchange", "-10000");
  cJSON_AddItemToArray(assets, asset);
  cJSON_AddItemToObject(json, "assets", assets);
  for (uint32_t m = USDM_FIRST; m < PAPER_MARKETS; m++) cJSON_AddItemToArray(symbols, symbol_json(call->s, m));
  cJSON_AddItemToObject(json, "symbols", symbols);
  sim_reply_json(call->reply, json);
}

/* --- Books --- */

static int32_t weigh_depth(const binance_call *call) {
  const char *text = binance_param(call, "limit");
  int64_t limit = text == NULL ? 500 : strtoll(text, NULL, 10);
  return limit <= 50 ? 2 : limit <= 100 ? 5 : limit <= 500 ? 10 : 20;
}

static void run_depth(binance_call *call) {
  static const int64_t limits[] = {5, 10, 20, 50, 100, 500, 1000};
  int64_t limit;
  int32_t market = binance_symbol(call), known = 0;
  if (market < 0 || !binance_whole(call, &limit, "limit", 500)) return;
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) known |= limits[i] == limit;
  if (!known) {
    (void)binance_fail(call, 400, -4021, "%lld is not valid depth limit.", (long long)limit);
    return;
  }
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "lastUpdateId", (int64_t)usdm_market(call->s, (uint32_t)market)->update_id);
  add_ms(json, "E", sim_clock_ns(call->s));
  add_ms(json, "T", sim_clock_ns(call->s));
  cJSON_AddItemToObject(json, "bids", binance_side_json(call->s, (uint32_t)market, 0, limit));
  cJSON_AddItemToObject(json, "asks", binance_side_json(call->s, (uint32_t)market, 1, limit));
  sim_reply_json(call->reply, json);
}

/* --- Tickers --- */

typedef cJSON *(*writer)(sim *s, uint32_t market);

static void list_markets(binance_call *call, writer write) {
  uint32_t first, last;
  if (!usdm_chosen(call, &first, &last)) return;
  cJSON *list = cJSON_CreateArray();
  for (uint32_t m = first; m < last; m++) cJSON_AddItemToArray(list, write(call->s, m));
  usdm_reply(call, list);
}

static cJSON *day_json(sim *s, uint32_t m) {
  binance_ticker t = binance_ticker_of(s, m);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", id_of(s, m));
  cJSON_AddStringToObject(json, "priceChange", t.change);
  cJSON_AddStringToObject(json, "priceChangePercent", t.percent);
  cJSON_AddStringToObject(json, "weightedAvgPrice", t.average);
  cJSON_AddStringToObject(json, "lastPrice", binance_price(s, m, t.close));
  cJSON_AddStringToObject(json, "lastQty", binance_amount(s, m, t.last_amount));
  cJSON_AddStringToObject(json, "openPrice", binance_price(s, m, t.open));
  cJSON_AddStringToObject(json, "highPrice", binance_price(s, m, t.high));
  cJSON_AddStringToObject(json, "lowPrice", binance_price(s, m, t.low));
  sim_json_add_money(json, "volume", t.volume, 3);
  sim_json_add_money(json, "quoteVolume", t.quote, 2);
  add_ms(json, "openTime", t.open_ns);
  add_ms(json, "closeTime", t.close_ns);
  sim_json_add_integer(json, "firstId", (int64_t)t.first_id);
  sim_json_add_integer(json, "lastId", (int64_t)t.last_id);
  sim_json_add_integer(json, "count", t.count);
  return json;
}

static cJSON *price_json(sim *s, uint32_t m) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", id_of(s, m));
  cJSON_AddStringToObject(json, "price", binance_price(s, m, usdm_market(s, m)->last));
  add_ms(json, "time", sim_clock_ns(s));
  return json;
}

static cJSON *best_json(sim *s, uint32_t m) {
  binance_ticker t = binance_ticker_of(s, m);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", id_of(s, m));
  cJSON_AddStringToObject(json, "bidPrice", binance_price(s, m, t.bid));
  cJSON_AddStringToObject(json, "bidQty", binance_amount(s, m, t.bid_amount));
  cJSON_AddStringToObject(json, "askPrice", binance_price(s, m, t.ask));
  cJSON_AddStringToObject(json, "askQty", binance_amount(s, m, t.ask_amount));
  add_ms(json, "time", sim_clock_ns(s));
  sim_json_add_integer(json, "lastUpdateId", (int64_t)usdm_market(s, m)->update_id);
  return json;
}

static const char *rate_text(int64_t rate) { return sim_units_text(rate, 8, 8); }

static cJSON *mark_json(sim *s, uint32_t m) {
  const paper_market *market = usdm_market(s, m);
  int64_t now_ns = sim_clock_ns(s);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", id_of(s, m));
  cJSON_AddStringToObject(json, "markPrice", binance_price(s, m, market->mark != 0 ? market->mark : market->last));
  cJSON_AddStringToObject(json, "indexPrice",
                          binance_price(s, m, market->index_price != 0 ? market->index_price : market->last));
  cJSON_AddStringToObject(json, "estimatedSettlePrice", binance_price(s, m, market->last));
  cJSON_AddStringToObject(json, "lastFundingRate", rate_text(sim_funding_rate(s, m, sim_now_ns(s))));
  cJSON_AddStringToObject(json, "interestRate", "0.00010000");
  add_ms(json, "nextFundingTime", (now_ns / (8 * USDM_HOUR) + 1) * 8 * USDM_HOUR);
  add_ms(json, "time", now_ns);
  return json;
}

static void run_day(binance_call *call) { list_markets(call, day_json); }
static void run_price(binance_call *call) { list_markets(call, price_json); }
static void run_best(binance_call *call) { list_markets(call, best_json); }
static void run_mark(binance_call *call) { list_markets(call, mark_json); }

static int32_t has_symbol(const binance_call *call) { return binance_param(call, "symbol") != NULL; }
static int32_t weigh_day(const binance_call *call) { return has_symbol(call) ? 1 : 40; }
static int32_t weigh_price(const binance_call *call) { return has_symbol(call) ? 1 : 2; }
static int32_t weigh_best(const binance_call *call) { return has_symbol(call) ? 2 : 5; }
static int32_t weigh_mark(const binance_call *call) { return has_symbol(call) ? 1 : 10; }

/* --- Candles of other prices --- */

static int32_t weigh_candles(const binance_call *call) {
  const char *text = binance_param(call, "limit");
  int64_t limit = text == NULL ? 500 : strtoll(text, NULL, 10);
  return limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1000 ? 5 : 10;
}

static void add_text(cJSON *row, const char *text) { cJSON_AddItemToArray(row, cJSON_CreateString(text)); }

static void add_whole(cJSON *row, int64_t value) {
  char text[32];
  (void)snprintf(text, sizeof text, "%lld", (long long)value);
  cJSON_AddItemToArray(row, cJSON_CreateRaw(text));
}

/* A row of what nobody trades at: it has no volume. */
static cJSON *bare_candle(const char *const prices[4], const sim_interval *interval, int64_t open_ns, int64_t count) {
  cJSON *row = cJSON_CreateArray();
  add_whole(row, open_ns / BINANCE_MS);
  for (int32_t i = 0; i < 4; i++) add_text(row, prices[i]);
  add_text(row, "0");
  add_whole(row, sim_candle_next(interval, open_ns) / BINANCE_MS - 1);
  add_text(row, "0");
  add_whole(row, count);
  add_text(row, "0");
  add_text(row, "0");
  add_text(row, "0");
  return row;
}

static cJSON *price_candle(sim *s, uint32_t m, const sim_interval *interval, int64_t open_ns, int32_t which) {
  paper_bar bar = bourse__feed_bar(sim_feed(s), m, which, open_ns, sim_candle_next(interval, open_ns));
  if (bar.count == 0)
    bar.open = bar.high = bar.low = bar.close = bourse__feed_price(sim_feed(s), m, which, open_ns / BINANCE_SECOND);
  const char *const prices[4] = {binance_price(s, m, bar.open), binance_price(s, m, bar.high),
                                 binance_price(s, m, bar.low), binance_price(s, m, bar.close)};
  return bare_candle(prices, interval, open_ns, bar.count);
}

static cJSON *mark_candle(sim *s, uint32_t m, const sim_interval *interval, int64_t open_ns) {
  return price_candle(s, m, interval, open_ns, BOURSE_PRICE_MARK);
}

static cJSON *index_candle(sim *s, uint32_t m, const sim_interval *interval, int64_t open_ns) {
  return price_candle(s, m, interval, open_ns, BOURSE_PRICE_INDEX);
}

#define SAMPLES 12

static cJSON *premium_candle(sim *s, uint32_t m, const sim_interval *interval, int64_t open_ns) {
  int64_t end_ns = sim_candle_next(interval, open_ns), first = 0, high = 0, low = 0, last = 0;
  if (end_ns > sim_now_ns(s)) end_ns = sim_now_ns(s);
  for (int64_t i = 0; i < SAMPLES; i++) {
    last = sim_premium(s, m, open_ns + (end_ns - open_ns) / SAMPLES * i);
    if (i == 0) first = high = low = last;
    if (last > high) high = last;
    if (last < low) low = last;
  }
  const char *const prices[4] = {rate_text(first), rate_text(high), rate_text(low), rate_text(last)};
  return bare_candle(prices, interval, open_ns, SAMPLES);
}

static void run_mark_candles(binance_call *call) { binance_list_candles(call, mark_candle); }
static void run_premium_candles(binance_call *call) { binance_list_candles(call, premium_candle); }

/* The same with the market called "pair" instead. */
static void run_candles_of_pair(binance_call *call) {
  const sim_request *original = call->request;
  const char *pair = binance_need(call, "pair"), *kind = binance_param(call, "contractType");
  if (pair == NULL) return;
  if (kind != NULL && strcmp(kind, "PERPETUAL") != 0) {
    (void)binance_fail(call, 400, -1130, "Data sent for parameter 'contractType' is not valid.");
    return;
  }
  static const char *const names[] = {"interval", "startTime", "endTime", "limit"};
  sim_request *request = sim_request_new(original->connection, original->method, original->path);
  sim_request_add(request, "symbol", pair);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (binance_param(call, names[i]) != NULL) sim_request_add(request, names[i], binance_param(call, names[i]));
  call->request = request;
  if (strstr(call->row->path, "index") != NULL)
    binance_list_candles(call, index_candle);
  else
    binance_run_candles(call);
  call->request = original;
  sim_request_free(request);
}

/* --- Funding and open interest --- */

static void run_rates(binance_call *call) {
  int64_t start, end, limit, now_ms = sim_clock_ns(call->s) / BINANCE_MS, step = 8 * USDM_HOUR / BINANCE_MS;
  uint32_t first, last;
  if (!usdm_chosen(call, &first, &last) || !binance_when(call, &start, "startTime") ||
      !binance_when(call, &end, "endTime") || !binance_whole(call, &limit, "limit", 100))
    return;
  if (limit > 1000) limit = 1000;
  if (end < 0 || end > now_ms) end = now_ms;
  int64_t begin_ms = bourse__feed_begin(sim_feed(call->s)) / BINANCE_MS;
  int64_t at = start >= 0 ? (start + step - 1) / step * step : end / step * step - (limit - 1) * step;
  if (at < begin_ms) at = (begin_ms / step + 1) * step;
  cJSON *json = cJSON_CreateArray();
  for (; at <= end && cJSON_GetArraySize(json) < limit; at += step)
    for (uint32_t m = first; m < last; m++) {
      int64_t time_ns = at * BINANCE_MS;
      cJSON *row = cJSON_CreateObject();
      cJSON_AddStringToObject(row, "symbol", id_of(call->s, m));
      sim_json_add_integer(row, "fundingTime", at);
      cJSON_AddStringToObject(row, "fundingRate", rate_text(sim_funding_rate(call->s, m, time_ns)));
      cJSON_AddStringToObject(
          row, "markPrice",
          binance_price(call->s, m, bourse__feed_price(sim_feed(call->s), m, BOURSE_PRICE_MARK, at / 1000)));
      cJSON_AddStringToObject(row, "rateType", "Regular");
      cJSON_AddItemToArray(json, row);
    }
  sim_reply_json(call->reply, json);
}

/* Only markets with intervals of their own are listed; none is. */
static void run_intervals(binance_call *call) { sim_reply_json(call->reply, cJSON_CreateArray()); }

static void run_interest(binance_call *call) {
  int32_t market = binance_symbol(call);
  if (market < 0) return;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(
      json, "openInterest",
      binance_amount(call->s, (uint32_t)market, bourse__feed_open_interest(sim_feed(call->s), (uint32_t)market)));
  cJSON_AddStringToObject(json, "symbol", binance_param(call, "symbol"));
  add_ms(json, "time", sim_clock_ns(call->s));
  sim_reply_json(call->reply, json);
}

/* As it is now, at the price of then. */
static void run_interest_history(binance_call *call) {
  sim *s = call->s;
  int64_t start, end, limit, now_ns = sim_now_ns(s);
  int32_t index = binance_symbol(call);
  const char *name = index < 0 ? NULL : binance_need(call, "period");
  if (name == NULL || !binance_when(call, &start, "startTime") || !binance_when(call, &end, "endTime") ||
      !binance_whole(call, &limit, "limit", 30))
    return;
  const sim_interval *interval = binance_interval_of(name);
  if (interval == NULL || interval->ns < 5 * BINANCE_MINUTE || interval->ns > BINANCE_DAY) {
    (void)binance_fail(call, 400, -1130, "Data sent for parameter 'period' is not valid.");
    return;
  }
  if (limit > 500) limit = 500;
  uint32_t m = (uint32_t)index;
  const paper_market *market = usdm_market(s, m);
  int64_t last_ns = end >= 0 && end * BINANCE_MS < now_ns ? end * BINANCE_MS : now_ns,
          open = bourse__feed_open_interest(sim_feed(s), m);
  int64_t at_ns = start >= 0 ? start * BINANCE_MS : last_ns - (limit - 1) * interval->ns;
  if (at_ns < bourse__feed_begin(sim_feed(s))) at_ns = bourse__feed_begin(sim_feed(s));
  at_ns = (at_ns + interval->ns - 1) / interval->ns * interval->ns;
  cJSON *json = cJSON_CreateArray();
  for (; at_ns <= last_ns && limit-- > 0; at_ns += interval->ns) {
    int64_t price = bourse__feed_price(sim_feed(s), m, BOURSE_PRICE_LAST, at_ns / BINANCE_SECOND);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "symbol", id_of(s, m));
    cJSON_AddStringToObject(row, "sumOpenInterest", binance_amount(s, m, open));
    sim_json_add_money(row, "sumOpenInterestValue", (paper_money)price * open * market->unit_cost, BINANCE_PLACES);
    add_ms(row, "timestamp", at_ns);
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

#define PUBLIC(path_, message_, weight_, run_, params_, weigh_) \
  { "GET", path_, message_, BINANCE_PUBLIC, BINANCE_FAPI, weight_, 0, run_, params_, weigh_ }

const binance_row binance_usdm_market_rows[] = {
    PUBLIC("/fapi/v1/ping", "ping", 1, binance_run_ping, "", NULL),
    PUBLIC("/fapi/v1/time", "time", 1, binance_run_time, "", NULL),
    PUBLIC("/fapi/v1/exchangeInfo", NULL, 1, run_info, "symbol", NULL),
    PUBLIC("/fapi/v1/depth", "depth", 10, run_depth, "symbol limit", weigh_depth),
    PUBLIC("/fapi/v1/trades", NULL, 5, binance_run_trades, "symbol limit", NULL),
    {"GET", "/fapi/v1/historicalTrades", NULL, BINANCE_KEY, BINANCE_FAPI, 200, 0, binance_run_trades,
     "symbol limit fromId", NULL},
    PUBLIC("/fapi/v1/aggTrades", NULL, 20, binance_run_aggregates, "symbol limit fromId startTime endTime", NULL),
    PUBLIC("/fapi/v1/klines", NULL, 5, binance_run_candles, "symbol interval startTime endTime limit", weigh_candles),
    PUBLIC("/fapi/v1/markPriceKlines", NULL, 5, run_mark_candles, "symbol interval startTime endTime limit",
           weigh_candles),
    PUBLIC("/fapi/v1/indexPriceKlines", NULL, 5, run_candles_of_pair, "pair interval startTime endTime limit",
           weigh_candles),
    PUBLIC("/fapi/v1/premiumIndexKlines", NULL, 5, run_premium_candles, "symbol interval startTime endTime limit",
           weigh_candles),
    PUBLIC("/fapi/v1/continuousKlines", NULL, 5, run_candles_of_pair,
           "pair contractType interval startTime endTime limit", weigh_candles),
    PUBLIC("/fapi/v1/ticker/24hr", NULL, 40, run_day, "symbol", weigh_day),
    PUBLIC("/fapi/v1/ticker/price", "ticker.price", 2, run_price, "symbol", weigh_price),
    PUBLIC("/fapi/v2/ticker/price", NULL, 2, run_price, "symbol", weigh_price),
    PUBLIC("/fapi/v1/ticker/bookTicker", "ticker.book", 5, run_best, "symbol", weigh_best),
    PUBLIC("/fapi/v1/premiumIndex", NULL, 10, run_mark, "symbol", weigh_mark),
    PUBLIC("/fapi/v1/fundingRate", NULL, 0, run_rates, "symbol startTime endTime limit", NULL),
    PUBLIC("/fapi/v1/fundingInfo", NULL, 0, run_intervals, "", NULL),
    PUBLIC("/fapi/v1/openInterest", NULL, 1, run_interest, "symbol", NULL),
    PUBLIC("/futures/data/openInterestHist", NULL, 0, run_interest_history, "symbol period limit startTime endTime",
           NULL),
    {0},
};
