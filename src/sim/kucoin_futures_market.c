/* sim/kucoin_futures_market.c - public data of futures: "Futures Trading: Market Data". */
#include "kucoin.h"

#define FIRST        KUCOIN_SPOT_MARKETS
#define FUNDING_NS   (8 * 3600 * KUCOIN_SECOND)
#define FUNDING_ROWS 100

static const paper_trade *newest_trade(sim *s, uint32_t market) {
  uint32_t count = sim_trade_count(s, market);
  return count == 0 ? NULL : sim_trade_at(s, market, count - 1);
}

static const char *percent(int64_t now, int64_t then) {
  __extension__ typedef __int128 wide;
  return sim_units_text(then == 0 ? 0 : (int64_t)((wide)(now - then) * 10000 / then), 4, -1);
}

/* --- Contracts --- */

static void add_rules(sim *s, cJSON *json, uint32_t market) {
  const paper_market *m = kucoin_market(s, market);
  const sim_market_row *row = &kucoin_rows[market];
  kucoin_add_raw(json, "maxOrderQty", kucoin_amount(s, market, m->amount_max));
  kucoin_add_raw(json, "marketMaxOrderQty", kucoin_amount(s, market, m->amount_max));
  kucoin_add_raw(json, "maxPrice", "1000000.0");
  kucoin_add_raw(json, "lotSize", "1");
  kucoin_add_raw(json, "tickSize", kucoin_price(s, market, m->tick));
  kucoin_add_raw(json, "indexPriceTickSize", kucoin_price(s, market, m->tick));
  kucoin_add_raw(json, "multiplier", sim_decimal_text(&row->step));
  kucoin_add_raw(json, "initialMargin", sim_units_text(10000 / m->leverage_max, 4, -1));
  kucoin_add_raw(json, "maintainMargin", "0.005");
  kucoin_add_raw(json, "maxRiskLimit", "1000000000");
  kucoin_add_raw(json, "minRiskLimit", "1000000000");
  kucoin_add_raw(json, "riskStep", "1000000");
  kucoin_add_raw(json, "makerFeeRate", sim_decimal_text(&row->maker));
  kucoin_add_raw(json, "takerFeeRate", sim_decimal_text(&row->taker));
  kucoin_add_raw(json, "takerFixFee", "0.0");
  kucoin_add_raw(json, "makerFixFee", "0.0");
}

static const char *funding_rate(sim *s, uint32_t market) {
  return sim_units_text(bourse__feed_premium(sim_feed(s), market) / 3, 9, -1);
}

static cJSON *contract_json(sim *s, uint32_t market) {
  const paper_market *m = kucoin_market(s, market);
  const sim_market_row *row = &kucoin_rows[market];
  paper_bar day = bourse__feed_day(sim_feed(s), market);
  int64_t left_ns = FUNDING_NS - sim_clock_ns(s) % FUNDING_NS;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", row->id);
  cJSON_AddStringToObject(json, "rootSymbol", row->quote);
  cJSON_AddStringToObject(json, "type", "FFWCSX");
  sim_json_add_integer(json, "firstOpenDate", INT64_C(1585555200000));
  cJSON_AddNullToObject(json, "expireDate");
  cJSON_AddNullToObject(json, "settleDate");
  cJSON_AddStringToObject(json, "baseCurrency", kucoin_asset(row->base));
  cJSON_AddStringToObject(json, "quoteCurrency", row->quote);
  cJSON_AddStringToObject(json, "settleCurrency", row->settle);
  add_rules(s, json, market);
  cJSON_AddTrueToObject(json, "isDeleverage");
  cJSON_AddFalseToObject(json, "isQuanto");
  cJSON_AddFalseToObject(json, "isInverse");
  cJSON_AddStringToObject(json, "markMethod", "FairPrice");
  cJSON_AddStringToObject(json, "fairMethod", "FundingRate");
  cJSON_AddStringToObject(json, "status", sim_fault(s, "maintenance", "futures") ? "CancelOnly" : "Open");
  kucoin_add_raw(json, "fundingFeeRate", funding_rate(s, market));
  kucoin_add_raw(json, "predictedFundingFeeRate", funding_rate(s, market));
  sim_json_add_integer(json, "fundingRateGranularity", FUNDING_NS / KUCOIN_MS);
  cJSON_AddStringToObject(json, "openInterest",
                          kucoin_amount(s, market, bourse__feed_open_interest(sim_feed(s), market)));
  kucoin_add_raw(json, "turnoverOf24h", sim_money_text(day.quote, -1));
  kucoin_add_raw(json, "volumeOf24h", sim_money_text(day.volume, -1));
  kucoin_add_raw(json, "markPrice", kucoin_price(s, market, m->mark));
  kucoin_add_raw(json, "indexPrice", kucoin_price(s, market, m->index_price));
  kucoin_add_raw(json, "lastTradePrice", kucoin_price(s, market, m->last));
  sim_json_add_integer(json, "nextFundingRateTime", left_ns / KUCOIN_MS);
  sim_json_add_integer(json, "nextFundingRateDateTime", (sim_clock_ns(s) + left_ns) / KUCOIN_MS);
  sim_json_add_integer(json, "maxLeverage", m->leverage_max);
  kucoin_add_raw(json, "lowPrice", kucoin_price(s, market, day.low));
  kucoin_add_raw(json, "highPrice", kucoin_price(s, market, day.high));
  kucoin_add_raw(json, "priceChgPct", percent(m->last, day.open));
  kucoin_add_raw(json, "priceChg", kucoin_price(s, market, m->last - day.open));
  cJSON_AddTrueToObject(json, "supportCross");
  return json;
}

static void run_contracts(kucoin_call *call) {
  call->data = cJSON_CreateArray();
  for (uint32_t m = FIRST; m < PAPER_MARKETS; m++) cJSON_AddItemToArray(call->data, contract_json(call->s, m));
}

static void run_contract(kucoin_call *call) {
  int32_t market = kucoin_futures_market(call, call->parts[0]);
  if (market >= 0) call->data = contract_json(call->s, (uint32_t)market);
}

static void run_risk(kucoin_call *call) {
  int32_t market = kucoin_futures_market(call, call->parts[0]);
  if (market < 0) return;
  int32_t leverage = kucoin_market(call->s, (uint32_t)market)->leverage_max;
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "symbol", call->parts[0]);
  sim_json_add_integer(row, "level", 1);
  sim_json_add_integer(row, "maxRiskLimit", 1000000000);
  sim_json_add_integer(row, "minRiskLimit", 0);
  sim_json_add_integer(row, "maxLeverage", leverage);
  kucoin_add_raw(row, "initialMargin", sim_units_text(10000 / leverage, 4, -1));
  kucoin_add_raw(row, "maintainMargin", "0.005");
  call->data = cJSON_CreateArray();
  cJSON_AddItemToArray(call->data, row);
}

/* --- Tickers --- */

static cJSON *ticker_json(sim *s, uint32_t market) {
  const paper_trade *trade = newest_trade(s, market);
  sim_level bid = {0, 0}, ask = {0, 0};
  cJSON *json = cJSON_CreateObject();
  (void)sim_read_side(s, market, 0, &bid, 1);
  (void)sim_read_side(s, market, 1, &ask, 1);
  sim_json_add_integer(json, "sequence", (int64_t)kucoin_market(s, market)->update_id);
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  cJSON_AddStringToObject(json, "side", trade != NULL && trade->side == BOURSE_SIDE_SELL ? "sell" : "buy");
  kucoin_add_raw(json, "size", kucoin_amount(s, market, trade == NULL ? 0 : trade->amount));
  cJSON_AddStringToObject(json, "tradeId", sim_units_text(trade == NULL ? 0 : (int64_t)trade->id, 0, 0));
  cJSON_AddStringToObject(json, "price", kucoin_price(s, market, kucoin_market(s, market)->last));
  cJSON_AddStringToObject(json, "bestBidPrice", kucoin_price(s, market, bid.price));
  kucoin_add_raw(json, "bestBidSize", kucoin_amount(s, market, bid.amount));
  cJSON_AddStringToObject(json, "bestAskPrice", kucoin_price(s, market, ask.price));
  kucoin_add_raw(json, "bestAskSize", kucoin_amount(s, market, ask.amount));
  kucoin_add_ns(s, json, "ts", sim_now_ns(s));
  return json;
}

static void run_ticker(kucoin_call *call) {
  int32_t market = kucoin_futures_market(call, kucoin_param(call, "symbol"));
  if (market >= 0) call->data = ticker_json(call->s, (uint32_t)market);
}

static void run_tickers(kucoin_call *call) {
  call->data = cJSON_CreateArray();
  for (uint32_t m = FIRST; m < PAPER_MARKETS; m++) cJSON_AddItemToArray(call->data, ticker_json(call->s, m));
}

/* --- Books, trades, candles --- */

static void add_book(kucoin_call *call, uint32_t depth) {
  sim *s = call->s;
  int32_t index = kucoin_futures_market(call, kucoin_param(call, "symbol"));
  if (index < 0) return;
  uint32_t market = (uint32_t)index;
  cJSON *json = call->data = cJSON_CreateObject();
  sim_json_add_integer(json, "sequence", (int64_t)kucoin_market(s, market)->update_id);
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  cJSON_AddItemToObject(json, "bids", kucoin_side(s, market, 0, depth, 1));
  cJSON_AddItemToObject(json, "asks", kucoin_side(s, market, 1, depth, 1));
  kucoin_add_ns(s, json, "ts", sim_now_ns(s));
}

static void run_snapshot(kucoin_call *call) { add_book(call, 1000); }
static void run_depth20(kucoin_call *call) { add_book(call, 20); }
static void run_depth100(kucoin_call *call) { add_book(call, 100); }

static void run_trades(kucoin_call *call) {
  sim *s = call->s;
  int32_t index = kucoin_futures_market(call, kucoin_param(call, "symbol"));
  if (index < 0) return;
  uint32_t market = (uint32_t)index, count = sim_trade_count(s, market);
  call->data = cJSON_CreateArray();
  for (uint32_t i = count; i-- > 0 && count - i <= 100;) {
    const paper_trade *trade = sim_trade_at(s, market, i);
    const char *id = sim_units_text((int64_t)trade->id, 0, 0);
    cJSON *row = cJSON_CreateObject();
    kucoin_add_raw(row, "sequence", id);
    cJSON_AddStringToObject(row, "tradeId", id);
    cJSON_AddStringToObject(row, "makerOrderId", "234000000000000001");
    cJSON_AddStringToObject(row, "takerOrderId", "234000000000000002");
    kucoin_add_ns(s, row, "ts", trade->time_ns);
    kucoin_add_raw(row, "size", kucoin_amount(s, market, trade->amount));
    cJSON_AddStringToObject(row, "price", kucoin_price(s, market, trade->price));
    cJSON_AddStringToObject(row, "side", trade->side == BOURSE_SIDE_BUY ? "buy" : "sell");
    cJSON_AddItemToArray(call->data, row);
  }
}

#define CANDLES_MAX 500

/* Oldest first. */
static void run_candles(kucoin_call *call) {
  static const int32_t known[] = {1, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 10080};
  sim *s = call->s;
  int32_t index = kucoin_futures_market(call, kucoin_param(call, "symbol")), good = 0;
  int64_t minutes = kucoin_whole(call, "granularity", 0), from = kucoin_whole(call, "from", 0),
          to = kucoin_whole(call, "to", 0), count = 0;
  if (index < 0) return;
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) good |= known[i] == minutes;
  if (!good) {
    (void)kucoin_fail(call, "100001", "Granularity is invalid.");
    return;
  }
  uint32_t market = (uint32_t)index;
  const paper_market *m = kucoin_market(s, market);
  sim_interval interval = {"", minutes * KUCOIN_MINUTE};
  int64_t now_ms = sim_now_ns(s) / KUCOIN_MS, length_ms = minutes * 60000;
  if (to <= 0 || to > now_ms) to = now_ms;
  if (from <= 0 || from < to - CANDLES_MAX * length_ms) from = to - (CANDLES_MAX - 1) * length_ms;
  call->data = cJSON_CreateArray();
  int64_t open_ns = sim_candle_open(&interval, from * KUCOIN_MS);
  if (open_ns < from * KUCOIN_MS) open_ns = sim_candle_next(&interval, open_ns);
  for (; open_ns <= to * KUCOIN_MS && count < CANDLES_MAX; open_ns = sim_candle_next(&interval, open_ns)) {
    paper_bar bar = sim_bar(s, market, BOURSE_PRICE_LAST, &interval, open_ns);
    const int64_t prices[] = {bar.open, bar.high, bar.low, bar.close};
    if (bar.count == 0) continue;
    cJSON *row = cJSON_CreateArray();
    kucoin_add_raw(row, NULL, sim_units_text(open_ns / KUCOIN_MS, 0, 0));
    for (size_t i = 0; i < 4; i++) kucoin_add_raw(row, NULL, kucoin_price(s, market, prices[i]));
    kucoin_add_raw(row, NULL, kucoin_amount(s, market, (int64_t)(bar.volume / m->unit_amount)));
    kucoin_add_raw(row, NULL, sim_money_text(bar.quote, -1));
    cJSON_AddItemToArray(call->data, row);
    count++;
  }
}

/* --- Marks and funding --- */

static void run_mark(kucoin_call *call) {
  sim *s = call->s;
  int32_t market = kucoin_futures_market(call, call->parts[0]);
  if (market < 0) return;
  const paper_market *m = kucoin_market(s, (uint32_t)market);
  cJSON *json = call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", call->parts[0]);
  sim_json_add_integer(json, "granularity", 1000);
  kucoin_add_ms(s, json, "timePoint", sim_now_ns(s) / KUCOIN_SECOND * KUCOIN_SECOND);
  kucoin_add_raw(json, "value", kucoin_price(s, (uint32_t)market, m->mark));
  kucoin_add_raw(json, "indexPrice", kucoin_price(s, (uint32_t)market, m->index_price));
}

static void run_funding(kucoin_call *call) {
  sim *s = call->s;
  int32_t market = kucoin_futures_market(call, call->parts[0]);
  char text[40];
  if (market < 0) return;
  int64_t begin_ns = sim_clock_ns(s) / FUNDING_NS * FUNDING_NS;
  cJSON *json = call->data = cJSON_CreateObject();
  (void)snprintf(text, sizeof text, ".%.20sFPI8H", call->parts[0]);
  cJSON_AddStringToObject(json, "symbol", text);
  sim_json_add_integer(json, "granularity", FUNDING_NS / KUCOIN_MS);
  sim_json_add_integer(json, "timePoint", begin_ns / KUCOIN_MS);
  kucoin_add_raw(json, "value", funding_rate(s, (uint32_t)market));
  kucoin_add_raw(json, "predictedValue", funding_rate(s, (uint32_t)market));
  kucoin_add_raw(json, "fundingRateCap", "0.003");
  kucoin_add_raw(json, "fundingRateFloor", "-0.003");
  sim_json_add_integer(json, "period", 0);
  sim_json_add_integer(json, "fundingTime", (begin_ns + FUNDING_NS) / KUCOIN_MS);
}

/* Newest first. What was is made of the prices then: the premium of the price over the index. */
static void run_funding_history(kucoin_call *call) {
  sim *s = call->s;
  int32_t index = kucoin_futures_market(call, kucoin_param(call, "symbol"));
  int64_t from = kucoin_whole(call, "from", 0), to = kucoin_whole(call, "to", 0);
  if (index < 0) return;
  uint32_t market = (uint32_t)index;
  int64_t now_ms = sim_clock_ns(s) / KUCOIN_MS, step_ms = FUNDING_NS / KUCOIN_MS, count = 0;
  if (to <= 0 || to > now_ms) to = now_ms;
  call->data = cJSON_CreateArray();
  for (int64_t at = to / step_ms * step_ms; at >= from && count < FUNDING_ROWS; at -= step_ms, count++) {
    int64_t second = at / 1000, last = bourse__feed_price(sim_feed(s), market, BOURSE_PRICE_LAST, second),
            base = bourse__feed_price(sim_feed(s), market, BOURSE_PRICE_INDEX, second);
    if (at * KUCOIN_MS < bourse__feed_begin(sim_feed(s))) break;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "symbol", kucoin_rows[market].id);
    kucoin_add_raw(row, "fundingRate", sim_units_text(base == 0 ? 0 : (last - base) * 1000000 / base / 3, 6, -1));
    sim_json_add_integer(row, "timepoint", at);
    cJSON_AddItemToArray(call->data, row);
  }
}

const kucoin_row kucoin_futures_market_rows[] = {
    {"GET", "/api/v1/contracts/active", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_contracts},
    {"GET", "/api/v1/contracts/*", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_contract},
    {"GET", "/api/v1/contracts/risk-limit/*", KUCOIN_PUBLIC, POOL_PUBLIC, 5, run_risk},
    {"GET", "/api/v1/ticker", KUCOIN_PUBLIC, POOL_PUBLIC, 2, run_ticker},
    {"GET", "/api/v1/allTickers", KUCOIN_PUBLIC, POOL_PUBLIC, 5, run_tickers},
    {"GET", "/api/v1/level2/snapshot", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_snapshot},
    {"GET", "/api/v1/level2/depth20", KUCOIN_PUBLIC, POOL_PUBLIC, 5, run_depth20},
    {"GET", "/api/v1/level2/depth100", KUCOIN_PUBLIC, POOL_PUBLIC, 10, run_depth100},
    {"GET", "/api/v1/trade/history", KUCOIN_PUBLIC, POOL_PUBLIC, 5, run_trades},
    {"GET", "/api/v1/kline/query", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_candles},
    {"GET", "/api/v1/mark-price/*/current", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_mark},
    {"GET", "/api/v1/funding-rate/*/current", KUCOIN_PUBLIC, POOL_PUBLIC, 2, run_funding},
    {"GET", "/api/v1/contract/funding-rates", KUCOIN_PUBLIC, POOL_PUBLIC, 5, run_funding_history},
    {NULL, NULL, 0, 0, 0, NULL},
};
