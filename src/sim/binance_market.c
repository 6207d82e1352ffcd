/* sim/binance_market.c - what is public: exchange information, books, trades, candles, tickers. Follows the exchange's
 * documents "General endpoints", "Market Data endpoints" and "Filters". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binance.h"

/* Spot writes eight decimals, futures as many as there are. */
static int32_t places_of(uint32_t market, int32_t scale) {
  return market < BINANCE_SPOT_MARKETS ? BINANCE_PLACES : scale;
}

const char *binance_price(sim *s, uint32_t market, int64_t price) {
  int32_t scale = bourse__paper_market(sim_engine(s), market)->price_scale;
  return sim_units_text(price, scale, places_of(market, scale));
}

const char *binance_amount(sim *s, uint32_t market, int64_t amount) {
  int32_t scale = bourse__paper_market(sim_engine(s), market)->amount_scale;
  return sim_units_text(amount, scale, places_of(market, scale));
}

static const char *id_of(sim *s, uint32_t market) { return bourse__paper_market(sim_engine(s), market)->about->id; }

static void add_ms(cJSON *object, const char *name, int64_t time_ns) {
  sim_json_add_integer(object, name, time_ns / BINANCE_MS);
}

/* --- General --- */

void binance_run_ping(binance_call *call) { sim_reply_json(call->reply, cJSON_CreateObject()); }

void binance_run_time(binance_call *call) {
  cJSON *json = cJSON_CreateObject();
  add_ms(json, "serverTime", sim_clock_ns(call->s));
  sim_reply_json(call->reply, json);
}

static cJSON *filter(cJSON *list, const char *type) {
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "filterType", type);
  cJSON_AddItemToArray(list, row);
  return row;
}

static void add_lot(cJSON *list, const char *type, const paper_market *market, int32_t usual) {
  cJSON *row = filter(list, type);
  sim_json_add_units(row, "minQty", usual ? market->amount_min : 0, market->amount_scale, BINANCE_PLACES);
  sim_json_add_units(row, "maxQty", market->amount_max, market->amount_scale, BINANCE_PLACES);
  sim_json_add_units(row, "stepSize", usual ? market->step : 0, market->amount_scale, BINANCE_PLACES);
}

static cJSON *filters_of(const paper_market *market) {
  cJSON *list = cJSON_CreateArray();
  bourse_decimal most = {1000000, 0, 0, BOURSE_DECIMAL_PRESENT};
  cJSON *row = filter(list, "PRICE_FILTER");
  sim_json_add_units(row, "minPrice", market->tick, market->price_scale, BINANCE_PLACES);
  (void)bourse_decimal_round(&most, &most, BINANCE_PLACES, BOURSE_ROUND_DOWN);
  sim_json_add_decimal(row, "maxPrice", &most);
  sim_json_add_units(row, "tickSize", market->tick, market->price_scale, BINANCE_PLACES);
  add_lot(list, "LOT_SIZE", market, 1);
  sim_json_add_integer(filter(list, "ICEBERG_PARTS"), "limit", 100);
  add_lot(list, "MARKET_LOT_SIZE", market, 0);
  row = filter(list, "TRAILING_DELTA");
  sim_json_add_integer(row, "minTrailingAboveDelta", 10);
  sim_json_add_integer(row, "maxTrailingAboveDelta", 2000);
  sim_json_add_integer(row, "minTrailingBelowDelta", 10);
  sim_json_add_integer(row, "maxTrailingBelowDelta", 2000);
  row = filter(list, "PERCENT_PRICE_BY_SIDE");
  cJSON_AddStringToObject(row, "bidMultiplierUp", "5");
  cJSON_AddStringToObject(row, "bidMultiplierDown", "0.2");
  cJSON_AddStringToObject(row, "askMultiplierUp", "5");
  cJSON_AddStringToObject(row, "askMultiplierDown", "0.2");
  sim_json_add_integer(row, "avgPriceMins", 5);
  row = filter(list, "NOTIONAL");
  sim_json_add_money(row, "minNotional", market->cost_min, BINANCE_PLACES);
  cJSON_AddBoolToObject(row, "applyMinToMarket", 1);
  cJSON_AddStringToObject(row, "maxNotional", "9000000.00000000");
  cJSON_AddBoolToObject(row, "applyMaxToMarket", 0);
  sim_json_add_integer(row, "avgPriceMins", 5);
  sim_json_add_integer(filter(list, "MAX_NUM_ORDERS"), "maxNumOrders", 200);
  sim_json_add_integer(filter(list, "MAX_NUM_ALGO_ORDERS"), "maxNumAlgoOrders", 5);
  sim_json_add_integer(filter(list, "MAX_NUM_ORDER_LISTS"), "maxNumOrderLists", 20);
  sim_json_add_integer(filter(list, "MAX_NUM_ORDER_AMENDS"), "maxNumOrderAmends", 10);
  return list;
}

static cJSON *texts(const char *const *values, size_t count) { return cJSON_CreateStringArray(values, (int)count); }

static cJSON *symbol_of(const paper_market *market) {
  static const char *const yes[] = {
      "icebergAllowed",    "ocoAllowed",           "otoAllowed",  "opoAllowed", "quoteOrderQtyMarketAllowed",
      "allowTrailingStop", "cancelReplaceAllowed", "amendAllowed"};
  static const char *const modes[] = {"NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT"};
  static const char *const order_types[] = {"LIMIT",           "LIMIT_MAKER", "MARKET",           "STOP_LOSS",
                                            "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"};
  static const char *const groups[] = {"SPOT", "MARGIN"};
  const bourse_market *about = market->about;
  cJSON *json = cJSON_CreateObject(), *sets = cJSON_CreateArray();
  cJSON_AddStringToObject(json, "symbol", about->id);
  cJSON_AddStringToObject(json, "status", "TRADING");
  cJSON_AddStringToObject(json, "baseAsset", about->base);
  sim_json_add_integer(json, "baseAssetPrecision", 8);
  cJSON_AddStringToObject(json, "quoteAsset", about->quote);
  sim_json_add_integer(json, "quotePrecision", 8);
  sim_json_add_integer(json, "quoteAssetPrecision", 8);
  sim_json_add_integer(json, "baseCommissionPrecision", 8);
  sim_json_add_integer(json, "quoteCommissionPrecision", 8);
  cJSON_AddItemToObject(json, "orderTypes", texts(order_types, 7));
  for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) cJSON_AddBoolToObject(json, yes[i], 1);
  cJSON_AddBoolToObject(json, "pegInstructionsAllowed", 0);
  cJSON_AddBoolToObject(json, "isSpotTradingAllowed", 1);
  cJSON_AddBoolToObject(json, "isMarginTradingAllowed", 1);
  cJSON_AddItemToObject(json, "filters", filters_of(market));
  cJSON_AddItemToObject(json, "permissions", cJSON_CreateArray());
  cJSON_AddItemToArray(sets, texts(groups, 2));
  cJSON_AddItemToObject(json, "permissionSets", sets);
  cJSON_AddStringToObject(json, "defaultSelfTradePreventionMode", "EXPIRE_MAKER");
  cJSON_AddItemToObject(json, "allowedSelfTradePreventionModes", texts(modes, 5));
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

/* Which of the markets "symbol" or "symbols" name, as a mask; 0: failed. Without either: all. */
static uint32_t chosen(binance_call *call) {
  const char *list = binance_param(call, "symbols");
  uint32_t mask = 0;
  if (binance_param(call, "symbol") != NULL) {
    int32_t market = binance_symbol(call);
    return market < 0 ? 0 : 1u << market;
  }
  if (list == NULL) return (1u << BINANCE_SPOT_MARKETS) - 1;
  cJSON *tree = sim_json_parse(list, strlen(list));
  const cJSON *item;
  if (!cJSON_IsArray(tree)) {
    (void)binance_fail(call, 400, -1100,
                       "Illegal characters found in parameter 'symbols'; legal range is "
                       "'^\\[(\"[A-Z0-9-_.]{1,20}\"(,\"[A-Z0-9-_.]{1,20}\"){0,}){0,1}\\]$'.");
    cJSON_Delete(tree);
    return 0;
  }
  cJSON_ArrayForEach(item, tree) {
    const char *name = sim_json_item_text(item);
    int32_t market = name == NULL ? -1 : binance_market_of(name);
    if (market < 0) {
      (void)binance_fail(call, 400, -1121, "Invalid symbol.");
      mask = 0;
      break;
    }
    mask |= 1u << market;
  }
  cJSON_Delete(tree);
  return mask;
}

static void run_info(binance_call *call) {
  uint32_t mask = chosen(call);
  if (mask == 0) return;
  cJSON *json = cJSON_CreateObject(), *rates = cJSON_CreateArray(), *symbols = cJSON_CreateArray();
  cJSON_AddStringToObject(json, "timezone", "UTC");
  add_ms(json, "serverTime", sim_clock_ns(call->s));
  add_rate(rates, "REQUEST_WEIGHT", "MINUTE", 1, BINANCE_WEIGHT_LIMIT);
  add_rate(rates, "ORDERS", "SECOND", 10, BINANCE_ORDERS_10S);
  add_rate(rates, "ORDERS", "DAY", 1, BINANCE_ORDERS_1D);
  add_rate(rates, "RAW_REQUESTS", "MINUTE", 5, BINANCE_RAW_LIMIT);
  cJSON_AddItemToObject(json, "rateLimits", rates);
  cJSON_AddItemToObject(json, "exchangeFilters", cJSON_CreateArray());
  for (uint32_t i = 0; i < BINANCE_SPOT_MARKETS; i++)
    if ((mask >> i & 1) != 0) cJSON_AddItemToArray(symbols, symbol_of(bourse__paper_market(sim_engine(call->s), i)));
  cJSON_AddItemToObject(json, "symbols", symbols);
  sim_reply_json(call->reply, json);
}

/* --- Books --- */

cJSON *binance_side_json(sim *s, uint32_t index, int32_t side, int64_t limit) {
  const paper_market *market = bourse__paper_market(sim_engine(s), index);
  const paper_side *levels = &market->sides[side];
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = levels->count; i > 0 && limit-- > 0; i--) {
    cJSON *row = cJSON_CreateArray();
    const paper_level *level = &levels->levels[i - 1];
    cJSON_AddItemToArray(row, cJSON_CreateString(binance_price(s, index, level->price)));
    cJSON_AddItemToArray(row, cJSON_CreateString(binance_amount(s, index, level->visible)));
    cJSON_AddItemToArray(list, row);
  }
  return list;
}

static int64_t depth_limit(const binance_call *call) {
  const char *text = binance_param(call, "limit");
  int64_t limit = text == NULL ? 100 : strtoll(text, NULL, 10);
  return limit > 5000 ? 5000 : limit;
}

static int32_t weigh_depth(const binance_call *call) {
  int64_t limit = depth_limit(call);
  return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250;
}

static void run_depth(binance_call *call) {
  int64_t limit;
  int32_t index = binance_symbol(call);
  if (index < 0 || !binance_whole(call, &limit, "limit", 100)) return;
  const paper_market *market = bourse__paper_market(sim_engine(call->s), (uint32_t)index);
  cJSON *json = cJSON_CreateObject();
  limit = depth_limit(call);
  sim_json_add_integer(json, "lastUpdateId", (int64_t)market->update_id);
  cJSON_AddItemToObject(json, "bids", binance_side_json(call->s, market->index, 0, limit));
  cJSON_AddItemToObject(json, "asks", binance_side_json(call->s, market->index, 1, limit));
  sim_reply_json(call->reply, json);
}

/* --- Trades --- */

static cJSON *trade_json(sim *s, const paper_trade *trade) {
  const paper_market *market = bourse__paper_market(sim_engine(s), trade->market);
  cJSON *json = cJSON_CreateObject();
  paper_money cost = (paper_money)trade->price * trade->amount * market->unit_cost;
  sim_json_add_integer(json, "id", (int64_t)trade->id);
  cJSON_AddStringToObject(json, "price", binance_price(s, trade->market, trade->price));
  cJSON_AddStringToObject(json, "qty", binance_amount(s, trade->market, trade->amount));
  sim_json_add_money(json, "quoteQty", cost, BINANCE_PLACES);
  add_ms(json, "time", trade->time_ns);
  cJSON_AddBoolToObject(json, "isBuyerMaker", trade->side == BOURSE_SIDE_SELL);
  cJSON_AddBoolToObject(json, trade->market < BINANCE_SPOT_MARKETS ? "isBestMatch" : "isRPITrade",
                        trade->market < BINANCE_SPOT_MARKETS);
  return json;
}

static cJSON *aggregate_json(sim *s, const paper_trade *trade) {
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "a", (int64_t)trade->id);
  cJSON_AddStringToObject(json, "p", binance_price(s, trade->market, trade->price));
  cJSON_AddStringToObject(json, "q", binance_amount(s, trade->market, trade->amount));
  sim_json_add_integer(json, "f", (int64_t)trade->id);
  sim_json_add_integer(json, "l", (int64_t)trade->id);
  add_ms(json, "T", trade->time_ns);
  cJSON_AddBoolToObject(json, "m", trade->side == BOURSE_SIDE_SELL);
  if (trade->market < BINANCE_SPOT_MARKETS)
    cJSON_AddBoolToObject(json, "M", 1);
  else
    cJSON_AddStringToObject(json, "nq", binance_amount(s, trade->market, trade->amount));
  return json;
}

/* From an id on, or from a time on, oldest first; else the newest. */
static void list_trades(binance_call *call, cJSON *(*write)(sim *, const paper_trade *)) {
  int64_t limit, from_id, start, end;
  int32_t index = binance_symbol(call);
  if (index < 0 || !binance_whole(call, &limit, "limit", 500) || !binance_whole(call, &from_id, "fromId", -1) ||
      !binance_when(call, &start, "startTime") || !binance_when(call, &end, "endTime"))
    return;
  if (limit > 1000) limit = 1000;
  if (start >= 0 && end >= 0 && start > end) {
    (void)binance_fail(call, 400, -1023, "Start time is greater than end time.");
    return;
  }
  uint32_t market = (uint32_t)index, first = 0, last = sim_trade_count(call->s, market);
  const paper_trade *trade;
  while ((trade = sim_trade_at(call->s, market, first)) != NULL &&
         ((from_id >= 0 && (int64_t)trade->id < from_id) || (start >= 0 && trade->time_ns / BINANCE_MS < start)))
    first++;
  while (last > first && end >= 0 && sim_trade_at(call->s, market, last - 1)->time_ns / BINANCE_MS > end) last--;
  if (from_id < 0 && start < 0 && (int64_t)(last - first) > limit) first = last - (uint32_t)limit;
  cJSON *list = cJSON_CreateArray();
  for (; first < last && limit-- > 0; first++)
    cJSON_AddItemToArray(list, write(call->s, sim_trade_at(call->s, market, first)));
  sim_reply_json(call->reply, list);
}

void binance_run_trades(binance_call *call) { list_trades(call, trade_json); }
void binance_run_aggregates(binance_call *call) { list_trades(call, aggregate_json); }

/* --- Candles --- */

const sim_interval binance_intervals[] = {{"1s", BINANCE_SECOND},
                                          {"1m", BINANCE_MINUTE},
                                          {"3m", 3 * BINANCE_MINUTE},
                                          {"5m", 5 * BINANCE_MINUTE},
                                          {"15m", 15 * BINANCE_MINUTE},
                                          {"30m", 30 * BINANCE_MINUTE},
                                          {"1h", 60 * BINANCE_MINUTE},
                                          {"2h", 120 * BINANCE_MINUTE},
                                          {"4h", 240 * BINANCE_MINUTE},
                                          {"6h", 360 * BINANCE_MINUTE},
                                          {"8h", 480 * BINANCE_MINUTE},
                                          {"12h", 720 * BINANCE_MINUTE},
                                          {"1d", BINANCE_DAY},
                                          {"3d", 3 * BINANCE_DAY},
                                          {"1w", 7 * BINANCE_DAY},
                                          {"1M", 0},
                                          {NULL, 0}};

const sim_interval *binance_interval_of(const char *name) {
  for (const sim_interval *row = binance_intervals; row->name != NULL; row++)
    if (name != NULL && strcmp(row->name, name) == 0) return row;
  return NULL;
}

/* The second has no bar of the feed: its price, and the trades that are kept. */
static paper_bar second_bar(sim *s, uint32_t market, int64_t open_ns) {
  const paper_market *m = bourse__paper_market(sim_engine(s), market);
  paper_bar bar = {.time_ns = open_ns};
  const paper_trade *trade;
  bar.open = bar.high = bar.low = bar.close =
      bourse__feed_price(sim_feed(s), market, BOURSE_PRICE_LAST, open_ns / BINANCE_SECOND);
  for (uint32_t i = 0; (trade = sim_trade_at(s, market, i)) != NULL; i++) {
    if (trade->time_ns < open_ns || trade->time_ns >= open_ns + BINANCE_SECOND) continue;
    paper_money amount = trade->amount * m->unit_amount,
                cost = (paper_money)trade->price * trade->amount * m->unit_cost;
    if (bar.count++ == 0) bar.open = bar.high = bar.low = trade->price;
    if (trade->price > bar.high) bar.high = trade->price;
    if (trade->price < bar.low) bar.low = trade->price;
    bar.close = trade->price;
    bar.volume += amount;
    bar.quote += cost;
    bar.taker_volume += trade->side == BOURSE_SIDE_BUY ? amount : 0;
    bar.taker_quote += trade->side == BOURSE_SIDE_BUY ? cost : 0;
  }
  return bar;
}

paper_bar binance_bar(sim *s, uint32_t market, const sim_interval *interval, int64_t open_ns) {
  if (interval->ns == BINANCE_SECOND) return second_bar(s, market, open_ns);
  paper_bar bar = bourse__feed_bar(sim_feed(s), market, BOURSE_PRICE_LAST, open_ns, sim_candle_next(interval, open_ns));
  if (bar.count == 0)
    bar.open = bar.high = bar.low = bar.close =
        bourse__feed_price(sim_feed(s), market, BOURSE_PRICE_LAST, open_ns / BINANCE_SECOND);
  return bar;
}

static void add_item(cJSON *row, const char *text) { cJSON_AddItemToArray(row, cJSON_CreateString(text)); }

static void add_integer(cJSON *row, int64_t value) {
  char text[32];
  (void)snprintf(text, sizeof text, "%lld", (long long)value);
  cJSON_AddItemToArray(row, cJSON_CreateRaw(text));
}

static cJSON *candle_json(sim *s, uint32_t market, const sim_interval *interval, int64_t open_ns) {
  paper_bar bar = binance_bar(s, market, interval, open_ns);
  cJSON *row = cJSON_CreateArray();
  add_integer(row, open_ns / BINANCE_MS);
  add_item(row, binance_price(s, market, bar.open));
  add_item(row, binance_price(s, market, bar.high));
  add_item(row, binance_price(s, market, bar.low));
  add_item(row, binance_price(s, market, bar.close));
  add_item(row, sim_money_text(bar.volume, BINANCE_PLACES));
  add_integer(row, sim_candle_next(interval, open_ns) / BINANCE_MS - 1);
  add_item(row, sim_money_text(bar.quote, BINANCE_PLACES));
  add_integer(row, bar.count);
  add_item(row, sim_money_text(bar.taker_volume, BINANCE_PLACES));
  add_item(row, sim_money_text(bar.taker_quote, BINANCE_PLACES));
  add_item(row, "0");
  return row;
}

static int64_t candles_max(const binance_call *call) { return call->row->group == BINANCE_FAPI ? 1500 : 1000; }

void binance_list_candles(binance_call *call, binance_candle_writer write) {
  int64_t limit, start, end, now_ns = sim_now_ns(call->s);
  int32_t index = binance_symbol(call);
  const char *name = index < 0 ? NULL : binance_need(call, "interval");
  const sim_interval *interval = binance_interval_of(name);
  if (name == NULL || !binance_whole(call, &limit, "limit", 500) || !binance_when(call, &start, "startTime") ||
      !binance_when(call, &end, "endTime"))
    return;
  if (interval == NULL || (call->row->group == BINANCE_FAPI && interval->ns == BINANCE_SECOND)) {
    (void)binance_fail(call, 400, -1120, "Invalid interval.");
    return;
  }
  if (limit > candles_max(call)) limit = candles_max(call);
  if (start > now_ns / BINANCE_MS) start = now_ns / BINANCE_MS;
  if (end > now_ns / BINANCE_MS) end = now_ns / BINANCE_MS;
  int64_t begin_ns = bourse__feed_begin(sim_feed(call->s));
  if (start >= 0 && start < begin_ns / BINANCE_MS) start = begin_ns / BINANCE_MS;
  int64_t last_ns = end >= 0 && end * BINANCE_MS < now_ns ? end * BINANCE_MS : now_ns, open_ns;
  if (start >= 0) { /* from there on, oldest first */
    open_ns = sim_candle_open(interval, start * BINANCE_MS);
    if (open_ns < start * BINANCE_MS) open_ns = sim_candle_next(interval, open_ns);
  } else {
    open_ns = sim_candle_open(interval, last_ns);
    for (int64_t i = 1; i < limit; i++) {
      int64_t before = sim_candle_open(interval, open_ns - 1);
      if (before < begin_ns) break;
      open_ns = before;
    }
  }
  if (open_ns < begin_ns) open_ns = sim_candle_next(interval, open_ns);
  cJSON *list = cJSON_CreateArray();
  for (; open_ns <= last_ns && limit-- > 0; open_ns = sim_candle_next(interval, open_ns))
    cJSON_AddItemToArray(list, write(call->s, (uint32_t)index, interval, open_ns));
  sim_reply_json(call->reply, list);
}

void binance_run_candles(binance_call *call) { binance_list_candles(call, candle_json); }

/* --- Tickers --- */

binance_ticker binance_ticker_of(sim *s, uint32_t index) {
  const paper_market *market = bourse__paper_market(sim_engine(s), index);
  paper_bar day = bourse__feed_day(sim_feed(s), index);
  binance_ticker out = {.open = day.open, .high = day.high, .low = day.low, .close = market->last};
  bourse_decimal from = bourse__paper_decimal(day.open, market->price_scale),
                 to = bourse__paper_decimal(market->last, market->price_scale), change, percent,
                 hundred = {100, 0, 0, BOURSE_DECIMAL_PRESENT};
  out.volume = day.volume;
  out.quote = day.quote;
  out.count = day.count;
  out.last_amount = market->last_amount;
  out.bid = bourse__paper_best(market, BOURSE_SIDE_BUY);
  out.ask = bourse__paper_best(market, BOURSE_SIDE_SELL);
  out.bid_amount = sim_visible(market, BOURSE_SIDE_BUY, out.bid);
  out.ask_amount = sim_visible(market, BOURSE_SIDE_SELL, out.ask);
  out.close_ns = sim_clock_ns(s);
  out.open_ns = out.close_ns - BINANCE_DAY;
  if (sim_trade_count(s, index) > 0) {
    out.first_id = sim_trade_at(s, index, 0)->id;
    out.last_id = sim_trade_at(s, index, sim_trade_count(s, index) - 1)->id;
  }
  out.change = out.percent = out.average = "0.00000000";
  if (bourse_decimal_sub(&change, &to, &from) == BOURSE_OK &&
      bourse_decimal_mul(&percent, &change, &hundred) == BOURSE_OK && bourse_decimal_sign(&from) > 0 &&
      bourse_decimal_div(&percent, &percent, &from, 3, BOURSE_ROUND_HALF_EVEN) == BOURSE_OK) {
    (void)bourse_decimal_round(&change, &change, BINANCE_PLACES, BOURSE_ROUND_DOWN);
    out.change = sim_decimal_text(&change);
    out.percent = sim_decimal_text(&percent);
  }
  bourse_decimal volume = bourse__paper_money_decimal(day.volume), quote = bourse__paper_money_decimal(day.quote);
  if (day.volume > 0 &&
      bourse_decimal_div(&quote, &quote, &volume, BINANCE_PLACES, BOURSE_ROUND_HALF_EVEN) == BOURSE_OK)
    out.average = sim_decimal_text(&quote);
  return out;
}

static cJSON *ticker_json(sim *s, uint32_t market, int32_t mini, int32_t with_book) {
  binance_ticker t = binance_ticker_of(s, market);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", id_of(s, market));
  if (!mini) {
    cJSON_AddStringToObject(json, "priceChange", t.change);
    cJSON_AddStringToObject(json, "priceChangePercent", t.percent);
    cJSON_AddStringToObject(json, "weightedAvgPrice", t.average);
  }
  if (with_book) {
    cJSON_AddStringToObject(json, "prevClosePrice", binance_price(s, market, t.open));
    cJSON_AddStringToObject(json, "lastPrice", binance_price(s, market, t.close));
    cJSON_AddStringToObject(json, "lastQty", binance_amount(s, market, t.last_amount));
    cJSON_AddStringToObject(json, "bidPrice", binance_price(s, market, t.bid));
    cJSON_AddStringToObject(json, "bidQty", binance_amount(s, market, t.bid_amount));
    cJSON_AddStringToObject(json, "askPrice", binance_price(s, market, t.ask));
    cJSON_AddStringToObject(json, "askQty", binance_amount(s, market, t.ask_amount));
  }
  cJSON_AddStringToObject(json, "openPrice", binance_price(s, market, t.open));
  cJSON_AddStringToObject(json, "highPrice", binance_price(s, market, t.high));
  cJSON_AddStringToObject(json, "lowPrice", binance_price(s, market, t.low));
  if (!with_book) cJSON_AddStringToObject(json, "lastPrice", binance_price(s, market, t.close));
  sim_json_add_money(json, "volume", t.volume, BINANCE_PLACES);
  sim_json_add_money(json, "quoteVolume", t.quote, BINANCE_PLACES);
  add_ms(json, "openTime", t.open_ns);
  add_ms(json, "closeTime", t.close_ns);
  sim_json_add_integer(json, "firstId", (int64_t)t.first_id);
  sim_json_add_integer(json, "lastId", (int64_t)t.last_id);
  sim_json_add_integer(json, "count", t.count);
  return json;
}

static cJSON *day_json(sim *s, uint32_t market, int32_t mini) { return ticker_json(s, market, mini, !mini); }
static cJSON *window_json(sim *s, uint32_t market, int32_t mini) { return ticker_json(s, market, mini, 0); }

static cJSON *price_json(sim *s, uint32_t market, int32_t mini) {
  cJSON *json = cJSON_CreateObject();
  (void)mini;
  cJSON_AddStringToObject(json, "symbol", id_of(s, market));
  cJSON_AddStringToObject(json, "price", binance_price(s, market, bourse__paper_market(sim_engine(s), market)->last));
  return json;
}

static cJSON *best_json(sim *s, uint32_t market, int32_t mini) {
  binance_ticker t = binance_ticker_of(s, market);
  cJSON *json = cJSON_CreateObject();
  (void)mini;
  cJSON_AddStringToObject(json, "symbol", id_of(s, market));
  cJSON_AddStringToObject(json, "bidPrice", binance_price(s, market, t.bid));
  cJSON_AddStringToObject(json, "bidQty", binance_amount(s, market, t.bid_amount));
  cJSON_AddStringToObject(json, "askPrice", binance_price(s, market, t.ask));
  cJSON_AddStringToObject(json, "askQty", binance_amount(s, market, t.ask_amount));
  return json;
}

/* An object for "symbol", an array otherwise. */
static void list_tickers(binance_call *call, cJSON *(*write)(sim *, uint32_t, int32_t)) {
  const char *type = binance_param(call, "type");
  int32_t mini = type != NULL && strcmp(type, "MINI") == 0;
  uint32_t mask = chosen(call);
  if (mask == 0) return;
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = 0; i < BINANCE_SPOT_MARKETS; i++)
    if ((mask >> i & 1) != 0) cJSON_AddItemToArray(list, write(call->s, i, mini));
  if (binance_param(call, "symbol") == NULL) {
    sim_reply_json(call->reply, list);
    return;
  }
  sim_reply_json(call->reply, cJSON_DetachItemFromArray(list, 0));
  cJSON_Delete(list);
}

static void run_day(binance_call *call) { list_tickers(call, day_json); }
static void run_price(binance_call *call) { list_tickers(call, price_json); }
static void run_best(binance_call *call) { list_tickers(call, best_json); }

static void run_window(binance_call *call) {
  if (binance_param(call, "symbol") == NULL && binance_param(call, "symbols") == NULL)
    (void)binance_fail(call, 400, -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
  else
    list_tickers(call, window_json);
}

static int32_t weigh_day(const binance_call *call) {
  if (binance_param(call, "symbol") != NULL) return 2;
  return binance_param(call, "symbols") != NULL ? 2 : 80;
}

static int32_t weigh_price(const binance_call *call) { return binance_param(call, "symbol") != NULL ? 2 : 4; }

static void run_average(binance_call *call) {
  int32_t market = binance_symbol(call);
  if (market < 0) return;
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "mins", 5);
  cJSON_AddStringToObject(
      json, "price",
      binance_price(call->s, (uint32_t)market, bourse__paper_market(sim_engine(call->s), (uint32_t)market)->last));
  add_ms(json, "closeTime", sim_clock_ns(call->s));
  sim_reply_json(call->reply, json);
}

#define PUBLIC(path_, message_, weight_, run_, params_, weigh_) \
  { "GET", path_, message_, BINANCE_PUBLIC, BINANCE_API, weight_, 0, run_, params_, weigh_ }

const binance_row binance_market_rows[] = {
    PUBLIC("/api/v3/ping", "ping", 1, binance_run_ping, "", NULL),
    PUBLIC("/api/v3/time", "time", 1, binance_run_time, "", NULL),
    PUBLIC("/api/v3/exchangeInfo", "exchangeInfo", 20, run_info,
           "symbol symbols permissions showPermissionSets symbolStatus", NULL),
    PUBLIC("/api/v3/depth", "depth", 5, run_depth, "symbol limit symbolStatus", weigh_depth),
    PUBLIC("/api/v3/trades", "trades.recent", 25, binance_run_trades, "symbol limit", NULL),
    PUBLIC("/api/v3/historicalTrades", "trades.historical", 25, binance_run_trades, "symbol limit fromId", NULL),
    PUBLIC("/api/v3/aggTrades", "trades.aggregate", 4, binance_run_aggregates, "symbol limit fromId startTime endTime",
           NULL),
    PUBLIC("/api/v3/klines", "klines", 2, binance_run_candles, "symbol interval startTime endTime timeZone limit",
           NULL),
    PUBLIC("/api/v3/uiKlines", "uiKlines", 2, binance_run_candles, "symbol interval startTime endTime timeZone limit",
           NULL),
    PUBLIC("/api/v3/avgPrice", "avgPrice", 2, run_average, "symbol", NULL),
    PUBLIC("/api/v3/ticker/24hr", "ticker.24hr", 80, run_day, "symbol symbols type symbolStatus", weigh_day),
    PUBLIC("/api/v3/ticker/tradingDay", "ticker.tradingDay", 4, run_window, "symbol symbols timeZone type symbolStatus",
           NULL),
    PUBLIC("/api/v3/ticker", "ticker", 4, run_window, "symbol symbols windowSize type symbolStatus", NULL),
    PUBLIC("/api/v3/ticker/price", "ticker.price", 4, run_price, "symbol symbols symbolStatus", weigh_price),
    PUBLIC("/api/v3/ticker/bookTicker", "ticker.book", 4, run_best, "symbol symbols symbolStatus", weigh_price),
    {0},
};
