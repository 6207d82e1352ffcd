/* sim/bybit_market.c - what is public: instruments, tickers, books, trades, candles, funding. Follows "Market" of the
 * exchange's V5 documents. */
#include "bybit.h"

static void run_time(bybit_call *call) {
  char text[32];
  int64_t now_ns = sim_clock_ns(call->s);
  call->result = cJSON_CreateObject();
  (void)snprintf(text, sizeof text, "%lld", (long long)(now_ns / BYBIT_SECOND));
  cJSON_AddStringToObject(call->result, "timeSecond", text);
  (void)snprintf(text, sizeof text, "%lld", (long long)now_ns);
  cJSON_AddStringToObject(call->result, "timeNano", text);
}

static void run_status(bybit_call *call) {
  cJSON *list = bybit_list(call);
  if (!sim_fault(call->s, "maintenance", "/v5/system/status")) return;
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "id", "4d95b2a0-587f-11f0-bcc9-56f28c94d6ea");
  cJSON_AddStringToObject(row, "title", "Maintenance of the trading service");
  cJSON_AddStringToObject(row, "state", "ongoing");
  bybit_add_ms(row, "begin", call->s, sim_now_ns(call->s) - BYBIT_SECOND);
  bybit_add_ms(row, "end", call->s, sim_now_ns(call->s) + BYBIT_MINUTE);
  cJSON_AddStringToObject(row, "href", "");
  cJSON_AddItemToArray(cJSON_AddArrayToObject(row, "serviceTypes"), cJSON_CreateNumber(1));
  cJSON_AddItemToArray(cJSON_AddArrayToObject(row, "product"), cJSON_CreateNumber(1));
  cJSON_AddItemToArray(cJSON_AddArrayToObject(row, "uidSuffix"), cJSON_CreateNumber(0));
  cJSON_AddStringToObject(row, "maintainType", "1");
  cJSON_AddStringToObject(row, "env", "1");
  cJSON_AddItemToArray(list, row);
}

/* --- Instruments --- */

static void add_spot(cJSON *json, const paper_market *market) {
  const bourse_market *about = market->about;
  bourse_decimal precision = {1, 0, -8, BOURSE_DECIMAL_PRESENT};
  cJSON_AddStringToObject(json, "innovation", "0");
  cJSON_AddStringToObject(json, "status", "Trading");
  cJSON_AddStringToObject(json, "marginTrading", "none");
  cJSON_AddStringToObject(json, "stTag", "0");
  cJSON *lot = cJSON_AddObjectToObject(json, "lotSizeFilter");
  sim_json_add_decimal(lot, "basePrecision", &about->amount_step);
  sim_json_add_decimal(lot, "quotePrecision", &precision);
  sim_json_add_decimal(lot, "minOrderQty", &about->amount_min);
  sim_json_add_decimal(lot, "maxOrderQty", &about->amount_max);
  sim_json_add_decimal(lot, "minOrderAmt", &about->cost_min);
  cJSON_AddStringToObject(lot, "maxOrderAmt", "4000000");
  sim_json_add_decimal(lot, "maxLimitOrderQty", &about->amount_max);
  sim_json_add_decimal(lot, "maxMarketOrderQty", &about->amount_max);
  sim_json_add_decimal(lot, "postOnlyMaxLimitOrderSize", &about->amount_max);
  sim_json_add_decimal(cJSON_AddObjectToObject(json, "priceFilter"), "tickSize", &about->price_tick);
  cJSON *risk = cJSON_AddObjectToObject(json, "riskParameters");
  cJSON_AddStringToObject(risk, "priceLimitRatioX", "0.05");
  cJSON_AddStringToObject(risk, "priceLimitRatioY", "0.05");
  cJSON_AddStringToObject(json, "symbolType", "");
}

static void add_linear(cJSON *json, const paper_market *market) {
  const bourse_market *about = market->about;
  char leverage[16];
  (void)snprintf(leverage, sizeof leverage, "%d.00", market->leverage_max);
  cJSON_AddStringToObject(json, "settleCoin", about->settle);
  cJSON_AddStringToObject(json, "contractType", "LinearPerpetual");
  cJSON_AddStringToObject(json, "status", "Trading");
  cJSON_AddStringToObject(json, "launchTime", "1585526400000");
  cJSON_AddStringToObject(json, "deliveryTime", "0");
  cJSON_AddStringToObject(json, "deliveryFeeRate", "");
  cJSON_AddStringToObject(json, "priceScale", "2");
  cJSON *filter = cJSON_AddObjectToObject(json, "leverageFilter");
  cJSON_AddStringToObject(filter, "minLeverage", "1");
  cJSON_AddStringToObject(filter, "maxLeverage", leverage);
  cJSON_AddStringToObject(filter, "leverageStep", "0.01");
  filter = cJSON_AddObjectToObject(json, "priceFilter");
  sim_json_add_decimal(filter, "minPrice", &about->price_tick);
  cJSON_AddStringToObject(filter, "maxPrice", "1999999.80");
  sim_json_add_decimal(filter, "tickSize", &about->price_tick);
  filter = cJSON_AddObjectToObject(json, "lotSizeFilter");
  sim_json_add_decimal(filter, "maxOrderQty", &about->amount_max);
  sim_json_add_decimal(filter, "minOrderQty", &about->amount_min);
  sim_json_add_decimal(filter, "qtyStep", &about->amount_step);
  sim_json_add_decimal(filter, "postOnlyMaxOrderQty", &about->amount_max);
  sim_json_add_decimal(filter, "maxMktOrderQty", &about->amount_max);
  sim_json_add_decimal(filter, "minNotionalValue", &about->cost_min);
  cJSON_AddBoolToObject(json, "unifiedMarginTrade", 1);
  sim_json_add_integer(json, "fundingInterval", 480);
  cJSON_AddStringToObject(json, "copyTrading", "none");
  cJSON_AddStringToObject(json, "upperFundingRate", "0.00375");
  cJSON_AddStringToObject(json, "lowerFundingRate", "-0.00375");
  cJSON_AddBoolToObject(json, "isPreListing", 0);
  cJSON_AddNullToObject(json, "preListingInfo");
  cJSON_AddStringToObject(json, "symbolType", "");
}

static void run_instruments(bybit_call *call) {
  uint32_t mask;
  const char *status = bybit_param(call, "status");
  if (!bybit_chosen(call, &mask)) return;
  cJSON *list = bybit_list(call);
  for (uint32_t i = 0; i < PAPER_MARKETS; i++) {
    const paper_market *market = bybit_market(call->s, i);
    if ((mask >> i & 1) == 0 || (status != NULL && strcmp(status, "Trading") != 0)) continue;
    cJSON *json = cJSON_CreateObject();
    sim_json_add_integer(json, "symbolId", i + 1);
    cJSON_AddStringToObject(json, "symbol", market->about->id);
    cJSON_AddStringToObject(json, "baseCoin", market->about->base);
    cJSON_AddStringToObject(json, "quoteCoin", market->about->quote);
    if (bybit_is_spot(i))
      add_spot(json, market);
    else
      add_linear(json, market);
    cJSON_AddItemToArray(list, json);
  }
  if (call->category != BYBIT_SPOT) bybit_cursor(call, 0);
}

/* --- Tickers --- */

static const char *change_text(int64_t from, int64_t to) {
  bourse_decimal change, start, ratio;
  bourse_decimal_from_int64(&change, to - from);
  bourse_decimal_from_int64(&start, from);
  if (from <= 0 || bourse_decimal_div(&ratio, &change, &start, 6, BOURSE_ROUND_HALF_EVEN) != BOURSE_OK) return "0";
  return sim_decimal_text(&ratio);
}

static void add_best(cJSON *json, sim *s, uint32_t m, int32_t side, const char *price, const char *size) {
  sim_level best = {0, 0};
  (void)sim_read_side(s, m, side, &best, 1);
  cJSON_AddStringToObject(json, price, bybit_price(s, m, best.price));
  cJSON_AddStringToObject(json, size, bybit_amount(s, m, best.amount));
}

static void add_contract(cJSON *json, sim *s, uint32_t m) {
  const paper_market *market = bybit_market(s, m);
  int64_t now_ns = sim_clock_ns(s), eight = 8 * 60 * BYBIT_MINUTE, next_ns = now_ns - now_ns % eight + eight,
          interest = bourse__feed_open_interest(sim_feed(s), m);
  paper_money value = (paper_money)interest * market->last * market->unit_cost;
  cJSON_AddStringToObject(json, "indexPrice",
                          bybit_price(s, m, market->index_price != 0 ? market->index_price : bybit_mark(s, m)));
  cJSON_AddStringToObject(json, "markPrice", bybit_price(s, m, bybit_mark(s, m)));
  cJSON_AddStringToObject(
      json, "prevPrice1h",
      bybit_price(s, m, bourse__feed_price(sim_feed(s), m, BOURSE_PRICE_LAST, sim_now_ns(s) / BYBIT_SECOND - 3600)));
  cJSON_AddStringToObject(json, "openInterest", bybit_amount(s, m, interest));
  cJSON_AddStringToObject(json, "openInterestValue", sim_money_text(value, 2));
  cJSON_AddStringToObject(json, "singleOpenInterest", bybit_amount(s, m, interest / 2));
  cJSON_AddStringToObject(json, "fundingRate", bybit_funding_rate(s, m, next_ns - sim_skew_ns(s)));
  bybit_add_ms(json, "nextFundingTime", s, next_ns - sim_skew_ns(s));
  cJSON_AddStringToObject(json, "fundingIntervalHour", "8");
  cJSON_AddStringToObject(json, "fundingCap", "0.00375");
  cJSON_AddStringToObject(json, "deliveryTime", "0");
  cJSON_AddStringToObject(json, "basisRate", "");
}

cJSON *bybit_ticker_json(sim *s, uint32_t m, int32_t on_stream) {
  const paper_market *market = bybit_market(s, m);
  paper_bar day = bourse__feed_day(sim_feed(s), m);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", market->about->id);
  cJSON_AddStringToObject(json, "lastPrice", bybit_price(s, m, market->last));
  cJSON_AddStringToObject(json, "prevPrice24h", bybit_price(s, m, day.open));
  cJSON_AddStringToObject(json, "price24hPcnt", change_text(day.open, market->last));
  cJSON_AddStringToObject(json, "highPrice24h", bybit_price(s, m, day.high > market->last ? day.high : market->last));
  cJSON_AddStringToObject(json, "lowPrice24h", bybit_price(s, m, day.low < market->last ? day.low : market->last));
  cJSON_AddStringToObject(json, "turnover24h", sim_money_text(day.quote, 4));
  cJSON_AddStringToObject(json, "volume24h", sim_money_text(day.volume, 6));
  if (!bybit_is_spot(m)) add_contract(json, s, m);
  if (bybit_is_spot(m)) cJSON_AddStringToObject(json, "usdIndexPrice", bybit_price(s, m, market->last));
  if (on_stream && bybit_is_spot(m)) return json; /* without bid and ask */
  add_best(json, s, m, 0, "bid1Price", "bid1Size");
  add_best(json, s, m, 1, "ask1Price", "ask1Size");
  return json;
}

static void run_tickers(bybit_call *call) {
  uint32_t mask;
  if (!bybit_chosen(call, &mask)) return;
  cJSON *list = bybit_list(call);
  for (uint32_t i = 0; i < PAPER_MARKETS; i++)
    if ((mask >> i & 1) != 0) cJSON_AddItemToArray(list, bybit_ticker_json(call->s, i, 0));
}

/* --- Books --- */

static cJSON *side_json(sim *s, uint32_t m, int32_t side, int64_t depth) {
  cJSON *list = cJSON_CreateArray();
  sim_level *levels = malloc((size_t)depth * sizeof *levels);
  if (levels == NULL) abort();
  uint32_t count = sim_read_side(s, m, side, levels, (uint32_t)depth);
  for (uint32_t i = 0; i < count; i++) {
    cJSON *row = cJSON_CreateArray();
    cJSON_AddItemToArray(row, cJSON_CreateString(bybit_price(s, m, levels[i].price)));
    cJSON_AddItemToArray(row, cJSON_CreateString(bybit_amount(s, m, levels[i].amount)));
    cJSON_AddItemToArray(list, row);
  }
  free(levels);
  return list;
}

/* "u" is that of the stream of a thousand levels. */
static void tell_book(bybit_call *call, int64_t usual, int64_t most) {
  sim *s = call->s;
  int64_t depth;
  int32_t market = bybit_symbol(call);
  if (market < 0 || !bybit_whole(call, &depth, "limit", usual)) return;
  if (depth < 1 || depth > most) {
    (void)bybit_fail(call, 10001, "params error: limit invalid");
    return;
  }
  bybit_stream_flush(s);
  uint32_t m = (uint32_t)market;
  call->result = cJSON_CreateObject();
  cJSON_AddStringToObject(call->result, "s", bybit_market(s, m)->about->id);
  cJSON_AddItemToObject(call->result, "b", side_json(s, m, 0, depth));
  cJSON_AddItemToObject(call->result, "a", side_json(s, m, 1, depth));
  sim_json_add_integer(call->result, "ts", sim_clock_ns(s) / BYBIT_MS);
  sim_json_add_integer(call->result, "u", bybit_of(s)->books[m][BYBIT_DEPTHS - 1].update);
  sim_json_add_integer(call->result, "seq", (int64_t)bybit_market(s, m)->update_id);
  sim_json_add_integer(call->result, "cts", sim_clock_ns(s) / BYBIT_MS);
}

static void run_book(bybit_call *call) {
  if (bybit_category(call) == BYBIT_NONE) return;
  tell_book(call, call->category == BYBIT_SPOT ? 1 : 25, 1000);
}

static void run_full_book(bybit_call *call) {
  if (bybit_category(call) != BYBIT_NONE) tell_book(call, 10000, 10000);
}

/* --- Trades --- */

static void run_trades(bybit_call *call) {
  sim *s = call->s;
  char id[BYBIT_ID_SIZE];
  int64_t limit, most;
  int32_t market = bybit_symbol(call);
  if (market < 0) return;
  most = call->category == BYBIT_SPOT ? 60 : 1000;
  if (!bybit_whole(call, &limit, "limit", call->category == BYBIT_SPOT ? 60 : 500)) return;
  if (limit < 1 || limit > most) limit = most;
  cJSON *list = bybit_list(call);
  for (uint32_t count = sim_trade_count(s, (uint32_t)market); count > 0 && limit-- > 0; count--) { /* newest first */
    const paper_trade *trade = sim_trade_at(s, (uint32_t)market, count - 1);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "execId", bybit_exec_id(id, trade->market, trade->id, trade->side));
    cJSON_AddStringToObject(row, "symbol", bybit_market(s, trade->market)->about->id);
    cJSON_AddStringToObject(row, "price", bybit_price(s, trade->market, trade->price));
    cJSON_AddStringToObject(row, "size", bybit_amount(s, trade->market, trade->amount));
    cJSON_AddStringToObject(row, "side", trade->side == BOURSE_SIDE_BUY ? "Buy" : "Sell");
    bybit_add_ms(row, "time", s, trade->time_ns);
    cJSON_AddBoolToObject(row, "isBlockTrade", 0);
    cJSON_AddBoolToObject(row, "isRPITrade", 0);
    cJSON_AddStringToObject(row, "seq", sim_units_text((int64_t)trade->id, 0, 0));
    cJSON_AddItemToArray(list, row);
  }
}

/* --- Candles --- */

const sim_interval bybit_intervals[BYBIT_INTERVALS + 1] = {
    {"1", BYBIT_MINUTE},
    {"3", 3 * BYBIT_MINUTE},
    {"5", 5 * BYBIT_MINUTE},
    {"15", 15 * BYBIT_MINUTE},
    {"30", 30 * BYBIT_MINUTE},
    {"60", 60 * BYBIT_MINUTE},
    {"120", 120 * BYBIT_MINUTE},
    {"240", 240 * BYBIT_MINUTE},
    {"360", 360 * BYBIT_MINUTE},
    {"720", 720 * BYBIT_MINUTE},
    {"D", BYBIT_DAY},
    {"W", 7 * BYBIT_DAY},
    {"M", 0},
    {NULL, 0},
};

int32_t bybit_interval_of(const char *name) {
  for (int32_t i = 0; name != NULL && i < BYBIT_INTERVALS; i++)
    if (strcmp(bybit_intervals[i].name, name) == 0) return i;
  return -1;
}

static cJSON *candle_json(sim *s, uint32_t m, int32_t which, const sim_interval *interval, int64_t open_ns) {
  paper_bar bar = sim_bar(s, m, which, interval, open_ns);
  const int64_t prices[] = {bar.open, bar.high, bar.low, bar.close};
  cJSON *row = cJSON_CreateArray();
  cJSON_AddItemToArray(row, cJSON_CreateString(sim_units_text(open_ns / BYBIT_MS, 0, 0)));
  for (int32_t i = 0; i < 4; i++) cJSON_AddItemToArray(row, cJSON_CreateString(bybit_price(s, m, prices[i])));
  if (which != BOURSE_PRICE_LAST) return row;
  cJSON_AddItemToArray(row, cJSON_CreateString(sim_money_text(bar.volume, -1)));
  cJSON_AddItemToArray(row, cJSON_CreateString(sim_money_text(bar.quote, -1)));
  return row;
}

/* Newest first; with a start only, those from there on. */
static void list_candles(bybit_call *call, int32_t which) {
  sim *s = call->s;
  int64_t limit, start, end, now = sim_now_ns(s) / BYBIT_MS, begin_ns = bourse__feed_begin(sim_feed(s));
  int32_t market = bybit_symbol(call), i = bybit_interval_of(bybit_param(call, "interval"));
  if (market < 0 || !bybit_whole(call, &limit, "limit", 200) || !bybit_whole(call, &start, "start", -1) ||
      !bybit_whole(call, &end, "end", -1))
    return;
  if (i < 0 || limit < 1 || limit > 1000 || (which != BOURSE_PRICE_LAST && bybit_is_spot((uint32_t)market))) {
    (void)bybit_fail(call, 10001, i < 0 ? "Invalid period!" : "params error: limit invalid");
    return;
  }
  const sim_interval *interval = &bybit_intervals[i];
  if (end < 0 || end > now) end = now;
  if (start < begin_ns / BYBIT_MS) start = start < 0 ? -1 : begin_ns / BYBIT_MS;
  if (start >= 0 && bybit_param(call, "end") == NULL) { /* so many from there on */
    int64_t open_ns = sim_candle_open(interval, start * BYBIT_MS);
    if (open_ns < start * BYBIT_MS) open_ns = sim_candle_next(interval, open_ns);
    for (int64_t n = 1; n < limit && open_ns < end * BYBIT_MS; n++) open_ns = sim_candle_next(interval, open_ns);
    if (open_ns / BYBIT_MS < end) end = open_ns / BYBIT_MS;
  }
  cJSON *list = bybit_list(call);
  cJSON_AddStringToObject(call->result, "symbol", bybit_market(s, (uint32_t)market)->about->id);
  for (int64_t open_ns = sim_candle_open(interval, end * BYBIT_MS); limit-- > 0 && open_ns >= begin_ns;
       open_ns = sim_candle_open(interval, open_ns - 1)) {
    if (start >= 0 && open_ns < start * BYBIT_MS) break;
    cJSON_AddItemToArray(list, candle_json(s, (uint32_t)market, which, interval, open_ns));
  }
}

static void run_candles(bybit_call *call) { list_candles(call, BOURSE_PRICE_LAST); }
static void run_mark_candles(bybit_call *call) { list_candles(call, BOURSE_PRICE_MARK); }
static void run_index_candles(bybit_call *call) { list_candles(call, BOURSE_PRICE_INDEX); }

/* --- Contracts --- */

static int32_t linear_symbol(bybit_call *call) {
  int32_t market = bybit_symbol(call);
  if (market < 0 || !bybit_is_spot((uint32_t)market)) return market;
  (void)bybit_fail(call, 10001, "params error: category only support linear or inverse");
  return -1;
}

static void run_funding(bybit_call *call) {
  sim *s = call->s;
  int64_t limit, start, end, eight = 8 * 60 * BYBIT_MINUTE, begin_ns = bourse__feed_begin(sim_feed(s));
  int32_t market = linear_symbol(call);
  if (market < 0 || !bybit_whole(call, &limit, "limit", 200) || !bybit_whole(call, &start, "startTime", -1) ||
      !bybit_whole(call, &end, "endTime", -1))
    return;
  if (start >= 0 && end < 0) {
    (void)bybit_fail(call, 10001, "params error: endTime is required with startTime");
    return;
  }
  if (limit < 1 || limit > 200) limit = 200;
  if (end < 0 || end > sim_now_ns(s) / BYBIT_MS) end = sim_now_ns(s) / BYBIT_MS;
  cJSON *list = bybit_list(call);
  for (int64_t at = end * BYBIT_MS / eight * eight; limit-- > 0 && at > begin_ns; at -= eight) {
    if (start >= 0 && at < start * BYBIT_MS) break;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "symbol", bybit_market(s, (uint32_t)market)->about->id);
    cJSON_AddStringToObject(row, "fundingRate", bybit_funding_rate(s, (uint32_t)market, at));
    cJSON_AddStringToObject(row, "fundingRateTimestamp", sim_units_text(at / BYBIT_MS, 0, 0));
    cJSON_AddItemToArray(list, row);
  }
}

static void run_interest(bybit_call *call) {
  static const sim_interval intervals[] = {{"5min", 5 * BYBIT_MINUTE},   {"15min", 15 * BYBIT_MINUTE},
                                           {"30min", 30 * BYBIT_MINUTE}, {"1h", 60 * BYBIT_MINUTE},
                                           {"4h", 240 * BYBIT_MINUTE},   {"1d", BYBIT_DAY}};
  sim *s = call->s;
  int64_t limit, step_ns = 0;
  uint64_t below;
  int32_t market = linear_symbol(call);
  const char *name = bybit_param(call, "intervalTime");
  for (size_t i = 0; name != NULL && i < sizeof intervals / sizeof intervals[0]; i++)
    if (strcmp(intervals[i].name, name) == 0) step_ns = intervals[i].ns;
  if (market < 0 || !bybit_page(call, &limit, 50, 200, &below)) return;
  if (step_ns == 0) {
    (void)bybit_fail(call, 10001, "params error: intervalTime invalid");
    return;
  }
  cJSON *list = bybit_list(call);
  cJSON_AddStringToObject(call->result, "symbol", bybit_market(s, (uint32_t)market)->about->id);
  int64_t interest = bourse__feed_open_interest(sim_feed(s), (uint32_t)market);
  for (int64_t at = sim_now_ns(s) / step_ns * step_ns; limit-- > 0; at -= step_ns) {
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "openInterest", bybit_amount(s, (uint32_t)market, interest));
    cJSON_AddStringToObject(row, "singleOpenInterest", bybit_amount(s, (uint32_t)market, interest / 2));
    cJSON_AddStringToObject(row, "timestamp", sim_units_text(at / BYBIT_MS, 0, 0));
    cJSON_AddItemToArray(list, row);
  }
  bybit_cursor(call, 0);
}

static void run_risk(bybit_call *call) {
  uint32_t mask;
  if (!bybit_chosen(call, &mask)) return;
  cJSON *list = bybit_list(call);
  for (uint32_t i = BYBIT_SPOT_MARKETS; i < PAPER_MARKETS; i++) {
    if ((mask >> i & 1) == 0) continue;
    cJSON *row = cJSON_CreateObject();
    char leverage[16];
    (void)snprintf(leverage, sizeof leverage, "%d.00", bybit_market(call->s, i)->leverage_max);
    sim_json_add_integer(row, "id", i);
    cJSON_AddStringToObject(row, "symbol", bybit_market(call->s, i)->about->id);
    cJSON_AddStringToObject(row, "riskLimitValue", "100000000");
    cJSON_AddStringToObject(row, "maintenanceMargin", "0.005");
    cJSON_AddStringToObject(row, "initialMargin", "0.01");
    sim_json_add_integer(row, "isLowestRisk", 1);
    cJSON_AddStringToObject(row, "maxLeverage", leverage);
    cJSON_AddStringToObject(row, "mmDeduction", "");
    cJSON_AddItemToArray(list, row);
  }
  bybit_cursor(call, 0);
}

static void run_price_limit(bybit_call *call) {
  int32_t market = bybit_symbol(call);
  if (market < 0) return;
  int64_t last = bybit_mark(call->s, (uint32_t)market), tick = bybit_market(call->s, (uint32_t)market)->tick,
          high = last + last / 10, low = last - last / 10;
  call->result = cJSON_CreateObject();
  cJSON_AddStringToObject(call->result, "symbol", bybit_market(call->s, (uint32_t)market)->about->id);
  cJSON_AddStringToObject(call->result, "buyLmt", bybit_price(call->s, (uint32_t)market, high - high % tick));
  cJSON_AddStringToObject(call->result, "sellLmt", bybit_price(call->s, (uint32_t)market, low - low % tick));
  bybit_add_ms(call->result, "ts", call->s, sim_now_ns(call->s));
}

#define PUBLIC(path_, run_) \
  { "GET", path_, NULL, BYBIT_PUBLIC, 0, 0, 0, run_ }

const bybit_row bybit_market_rows[] = {
    PUBLIC("/v5/market/time", run_time),
    PUBLIC("/v5/system/status", run_status),
    PUBLIC("/v5/market/instruments-info", run_instruments),
    PUBLIC("/v5/market/tickers", run_tickers),
    PUBLIC("/v5/market/orderbook", run_book),
    PUBLIC("/v5/market/full_orderbook", run_full_book),
    PUBLIC("/v5/market/recent-trade", run_trades),
    PUBLIC("/v5/market/kline", run_candles),
    PUBLIC("/v5/market/mark-price-kline", run_mark_candles),
    PUBLIC("/v5/market/index-price-kline", run_index_candles),
    PUBLIC("/v5/market/funding/history", run_funding),
    PUBLIC("/v5/market/open-interest", run_interest),
    PUBLIC("/v5/market/risk-limit", run_risk),
    PUBLIC("/v5/market/price-limit", run_price_limit),
    {"GET", "/v5/account/instruments-info", NULL, BYBIT_READ, 10, 0, 0, run_instruments},
    {0},
};
