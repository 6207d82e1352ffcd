/* sim/kucoin_market.c - public data of spot: "Spot Trading: Market Data". */
#include "kucoin.h"

static void run_time(kucoin_call *call) {
  call->data = cJSON_CreateRaw(sim_units_text(sim_clock_ns(call->s) / KUCOIN_MS, 0, 0));
}

static void run_status(kucoin_call *call) {
  int32_t halted = sim_fault(call->s, "maintenance", "status");
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "status", halted ? "cancelonly" : "open");
  cJSON_AddStringToObject(call->data, "msg", halted ? "maintenance" : "");
}

static void run_bullet(kucoin_call *call) { call->data = kucoin_bullet(call->s, NULL, call->request, 0); }
static void run_private_bullet(kucoin_call *call) {
  call->data = kucoin_bullet(call->s, call->account, call->request, 0);
}

static void run_unified_bullet(kucoin_call *call) {
  cJSON *whole = kucoin_bullet(call->s, call->account, call->request, 0);
  call->data = cJSON_CreateObject();
  cJSON_AddItemToObject(call->data, "token", cJSON_DetachItemFromObjectCaseSensitive(whole, "token"));
  cJSON_Delete(whole);
  kucoin_state *state = kucoin_of(call->s);
  state->tokens[(state->next_token + KUCOIN_TOKENS - 1) % KUCOIN_TOKENS].pushes = 1;
}

/* --- Currencies --- */

static const struct {
  const char *code, *full, *chain, *chain_id, *address;
  int32_t precision, tag;
} coins[] = {
    {"BTC", "Bitcoin", "BTC", "btc", "bc1qsim0000000000000000000000000000000sim0", 8, 0},
    {"ETH", "Ethereum", "ERC20", "eth", "0x5100000000000000000000000000000000000051", 8, 0},
    {"SOL", "Solana", "SOL", "sol", "Sim1111111111111111111111111111111111111111", 8, 0},
    {"XRP", "Ripple", "XRP", "xrp", "rSim0000000000000000000000000000000", 6, 1},
    {"DOGE", "Dogecoin", "DOGE", "doge", "DSim0000000000000000000000000000000", 8, 0},
    {"USDT", "Tether", "TRC20", "trx", "TSim000000000000000000000000000000", 8, 0},
};
#define COINS (sizeof coins / sizeof coins[0])

static cJSON *coin_json(size_t i) {
  cJSON *json = cJSON_CreateObject(), *chain = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "currency", coins[i].code);
  cJSON_AddStringToObject(json, "name", coins[i].code);
  cJSON_AddStringToObject(json, "fullName", coins[i].full);
  sim_json_add_integer(json, "precision", coins[i].precision);
  cJSON_AddNullToObject(json, "confirms");
  cJSON_AddNullToObject(json, "contractAddress");
  cJSON_AddFalseToObject(json, "isMarginEnabled");
  cJSON_AddFalseToObject(json, "isDebitEnabled");
  cJSON_AddStringToObject(chain, "chainName", coins[i].chain);
  cJSON_AddStringToObject(chain, "withdrawalMinSize", "0.001");
  cJSON_AddStringToObject(chain, "depositMinSize", "0.0001");
  cJSON_AddStringToObject(chain, "withdrawFeeRate", "0");
  cJSON_AddStringToObject(chain, "withdrawalMinFee", "0");
  cJSON_AddTrueToObject(chain, "isWithdrawEnabled");
  cJSON_AddTrueToObject(chain, "isDepositEnabled");
  sim_json_add_integer(chain, "confirms", 1);
  sim_json_add_integer(chain, "preConfirms", 1);
  cJSON_AddStringToObject(chain, "contractAddress", "");
  sim_json_add_integer(chain, "withdrawPrecision", coins[i].precision);
  cJSON_AddNullToObject(chain, "maxWithdraw");
  cJSON_AddNullToObject(chain, "maxDeposit");
  cJSON_AddBoolToObject(chain, "needTag", coins[i].tag);
  cJSON_AddStringToObject(chain, "chainId", coins[i].chain_id);
  cJSON_AddItemToArray(cJSON_AddArrayToObject(json, "chains"), chain);
  return json;
}

static void run_currencies(kucoin_call *call) {
  call->data = cJSON_CreateArray();
  for (size_t i = 0; i < COINS; i++) cJSON_AddItemToArray(call->data, coin_json(i));
}

static void run_currency(kucoin_call *call) {
  for (size_t i = 0; i < COINS; i++)
    if (strcmp(coins[i].code, call->parts[0]) == 0) call->data = coin_json(i);
  if (call->data == NULL) (void)kucoin_fail(call, "400100", "This currency does not exist.");
}

/* --- Symbols --- */

static cJSON *symbol_json(sim *s, uint32_t market) {
  const paper_market *m = kucoin_market(s, market);
  const sim_market_row *row = &kucoin_rows[market];
  int32_t halted = sim_fault(s, "maintenance", "spot"), in_coins = strcmp(row->quote, "BTC") == 0;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", row->id);
  cJSON_AddStringToObject(json, "name", row->id);
  cJSON_AddStringToObject(json, "baseCurrency", row->base);
  cJSON_AddStringToObject(json, "quoteCurrency", row->quote);
  cJSON_AddStringToObject(json, "feeCurrency", row->quote);
  cJSON_AddStringToObject(json, "market", in_coins ? "BTC" : "USDS");
  cJSON_AddStringToObject(json, "baseMinSize", kucoin_amount(s, market, m->amount_min));
  cJSON_AddStringToObject(json, "quoteMinSize", sim_money_text(m->cost_min, -1));
  cJSON_AddStringToObject(json, "baseMaxSize", kucoin_amount(s, market, m->amount_max));
  cJSON_AddStringToObject(json, "quoteMaxSize", "99999999");
  cJSON_AddStringToObject(json, "baseIncrement", kucoin_amount(s, market, m->step));
  cJSON_AddStringToObject(json, "quoteIncrement", in_coins ? "0.00000001" : "0.000001");
  cJSON_AddStringToObject(json, "priceIncrement", kucoin_price(s, market, m->tick));
  cJSON_AddStringToObject(json, "priceLimitRate", "0.1");
  cJSON_AddStringToObject(json, "minFunds", sim_money_text(m->cost_min, -1));
  cJSON_AddFalseToObject(json, "isMarginEnabled");
  cJSON_AddBoolToObject(json, "enableTrading", !halted);
  sim_json_add_integer(json, "feeCategory", 1);
  cJSON_AddStringToObject(json, "makerFeeCoefficient", "1.00");
  cJSON_AddStringToObject(json, "takerFeeCoefficient", "1.00");
  cJSON_AddFalseToObject(json, "st");
  cJSON_AddFalseToObject(json, "callauctionIsEnabled");
  return json;
}

static void run_symbols(kucoin_call *call) {
  const char *group = kucoin_param(call, "market");
  call->data = cJSON_CreateArray();
  for (uint32_t m = 0; m < KUCOIN_SPOT_MARKETS; m++)
    if (group == NULL || strcmp(group, strcmp(kucoin_rows[m].quote, "BTC") == 0 ? "BTC" : "USDS") == 0)
      cJSON_AddItemToArray(call->data, symbol_json(call->s, m));
}

static void run_symbol(kucoin_call *call) {
  int32_t market = kucoin_spot_market(call, call->parts[0]);
  if (market >= 0) call->data = symbol_json(call->s, (uint32_t)market);
}

/* --- Tickers --- */

static const paper_trade *newest_trade(sim *s, uint32_t market) {
  uint32_t count = sim_trade_count(s, market);
  return count == 0 ? NULL : sim_trade_at(s, market, count - 1);
}

static void add_best(sim *s, cJSON *json, uint32_t market, int32_t side, const char *price, const char *amount) {
  sim_level best = {0, 0};
  (void)sim_read_side(s, market, side, &best, 1);
  cJSON_AddStringToObject(json, price, kucoin_price(s, market, best.price));
  if (amount != NULL) cJSON_AddStringToObject(json, amount, kucoin_amount(s, market, best.amount));
}

static void run_level1(kucoin_call *call) {
  sim *s = call->s;
  int32_t index = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  if (index < 0) return;
  uint32_t market = (uint32_t)index;
  const paper_trade *trade = newest_trade(s, market);
  cJSON *json = call->data = cJSON_CreateObject();
  kucoin_add_ms(s, json, "time", sim_now_ns(s));
  cJSON_AddStringToObject(json, "sequence", sim_units_text((int64_t)kucoin_market(s, market)->update_id, 0, 0));
  cJSON_AddStringToObject(json, "price", kucoin_price(s, market, kucoin_market(s, market)->last));
  cJSON_AddStringToObject(json, "size", kucoin_amount(s, market, trade == NULL ? 0 : trade->amount));
  add_best(s, json, market, 0, "bestBid", "bestBidSize");
  add_best(s, json, market, 1, "bestAsk", "bestAskSize");
}

static cJSON *ticker_json(sim *s, uint32_t market, int32_t in_list) {
  const paper_market *m = kucoin_market(s, market);
  paper_bar day = bourse__feed_day(sim_feed(s), market);
  __extension__ typedef __int128 wide;
  cJSON *json = cJSON_CreateObject();
  if (!in_list) kucoin_add_ms(s, json, "time", sim_now_ns(s));
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  if (in_list) cJSON_AddStringToObject(json, "symbolName", kucoin_rows[market].id);
  add_best(s, json, market, 0, "buy", in_list ? "bestBidSize" : NULL);
  add_best(s, json, market, 1, "sell", in_list ? "bestAskSize" : NULL);
  cJSON_AddStringToObject(
      json, "changeRate",
      sim_units_text(day.open == 0 ? 0 : (int64_t)((wide)(m->last - day.open) * 10000 / day.open), 4, -1));
  cJSON_AddStringToObject(json, "changePrice", kucoin_price(s, market, m->last - day.open));
  cJSON_AddStringToObject(json, "high", kucoin_price(s, market, day.high));
  cJSON_AddStringToObject(json, "low", kucoin_price(s, market, day.low));
  cJSON_AddStringToObject(json, "vol", kucoin_amount(s, market, (int64_t)(day.volume / m->unit_amount)));
  cJSON_AddStringToObject(json, "volValue", sim_money_text(day.quote, -1));
  cJSON_AddStringToObject(json, "last", kucoin_price(s, market, m->last));
  bourse_decimal average = bourse__paper_average(m, day.quote, (int64_t)(day.volume / m->unit_amount), 4);
  cJSON_AddStringToObject(json, "averagePrice", day.volume == 0 ? "0" : sim_decimal_text(&average));
  sim_json_add_decimal(json, "takerFeeRate", &kucoin_rows[market].taker);
  sim_json_add_decimal(json, "makerFeeRate", &kucoin_rows[market].maker);
  cJSON_AddStringToObject(json, "takerCoefficient", "1");
  cJSON_AddStringToObject(json, "makerCoefficient", "1");
  return json;
}

static void run_stats(kucoin_call *call) {
  int32_t market = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  if (market >= 0) call->data = ticker_json(call->s, (uint32_t)market, 0);
}

static void run_tickers(kucoin_call *call) {
  cJSON *list;
  call->data = cJSON_CreateObject();
  kucoin_add_ms(call->s, call->data, "time", sim_now_ns(call->s));
  list = cJSON_AddArrayToObject(call->data, "ticker");
  for (uint32_t m = 0; m < KUCOIN_SPOT_MARKETS; m++) cJSON_AddItemToArray(list, ticker_json(call->s, m, 1));
}

static void run_prices(kucoin_call *call) {
  const char *base = kucoin_param(call, "base"), *wanted = kucoin_param(call, "currencies");
  if (base != NULL && strcmp(base, "USD") != 0) {
    (void)kucoin_fail(call, "400100", "Unsupported base.");
    return;
  }
  call->data = cJSON_CreateObject();
  for (uint32_t m = 0; m < KUCOIN_SPOT_MARKETS; m++)
    if (strcmp(kucoin_rows[m].quote, "USDT") == 0 && (wanted == NULL || strstr(wanted, kucoin_rows[m].base) != NULL))
      cJSON_AddStringToObject(call->data, kucoin_rows[m].base,
                              kucoin_price(call->s, m, kucoin_market(call->s, m)->last));
  if (wanted == NULL || strstr(wanted, "USDT") != NULL) cJSON_AddStringToObject(call->data, "USDT", "1");
}

/* --- Books --- */

#define LEVELS_MAX 1000

/* [[price, size], ...], of spot as strings; of futures as numbers where `numbers` is set, else the price alone as a string. */
cJSON *kucoin_side(sim *s, uint32_t market, int32_t side, uint32_t depth, int32_t numbers) {
  static sim_level levels[LEVELS_MAX];
  cJSON *list = cJSON_CreateArray();
  uint32_t count = sim_read_side(s, market, side, levels, depth < LEVELS_MAX ? depth : LEVELS_MAX);
  for (uint32_t i = 0; i < count; i++) {
    cJSON *row = cJSON_CreateArray();
    const char *price = kucoin_price(s, market, levels[i].price), *amount = kucoin_amount(s, market, levels[i].amount);
    if (numbers)
      kucoin_add_raw(row, NULL, price);
    else
      cJSON_AddItemToArray(row, cJSON_CreateString(price));
    if (kucoin_is_futures(market))
      kucoin_add_raw(row, NULL, amount);
    else
      cJSON_AddItemToArray(row, cJSON_CreateString(amount));
    cJSON_AddItemToArray(list, row);
  }
  return list;
}

static void add_book(kucoin_call *call, uint32_t depth) {
  sim *s = call->s;
  int32_t index = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  if (index < 0) return;
  uint32_t market = (uint32_t)index;
  cJSON *json = call->data = cJSON_CreateObject();
  kucoin_add_ms(s, json, "time", sim_now_ns(s));
  cJSON_AddStringToObject(json, "sequence", sim_units_text((int64_t)kucoin_market(s, market)->update_id, 0, 0));
  cJSON_AddItemToObject(json, "bids", kucoin_side(s, market, 0, depth, 0));
  cJSON_AddItemToObject(json, "asks", kucoin_side(s, market, 1, depth, 0));
}

static void run_level2_20(kucoin_call *call) { add_book(call, 20); }
static void run_level2_100(kucoin_call *call) { add_book(call, 100); }
static void run_level2(kucoin_call *call) { add_book(call, LEVELS_MAX); }

/* --- Trades and candles --- */

static void run_trades(kucoin_call *call) {
  sim *s = call->s;
  int32_t index = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  if (index < 0) return;
  uint32_t market = (uint32_t)index, count = sim_trade_count(s, market);
  call->data = cJSON_CreateArray();
  for (uint32_t i = count > 100 ? count - 100 : 0; i < count; i++) {
    const paper_trade *trade = sim_trade_at(s, market, i);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "sequence", sim_units_text((int64_t)trade->id, 0, 0));
    cJSON_AddStringToObject(row, "price", kucoin_price(s, market, trade->price));
    cJSON_AddStringToObject(row, "size", kucoin_amount(s, market, trade->amount));
    cJSON_AddStringToObject(row, "side", trade->side == BOURSE_SIDE_BUY ? "buy" : "sell");
    kucoin_add_ns(s, row, "time", trade->time_ns);
    cJSON_AddItemToArray(call->data, row);
  }
}

const sim_interval kucoin_intervals[KUCOIN_INTERVALS] = {
    {"1min", KUCOIN_MINUTE},        {"3min", 3 * KUCOIN_MINUTE},     {"5min", 5 * KUCOIN_MINUTE},
    {"15min", 15 * KUCOIN_MINUTE},  {"30min", 30 * KUCOIN_MINUTE},   {"1hour", 60 * KUCOIN_MINUTE},
    {"2hour", 120 * KUCOIN_MINUTE}, {"4hour", 240 * KUCOIN_MINUTE},  {"6hour", 360 * KUCOIN_MINUTE},
    {"8hour", 480 * KUCOIN_MINUTE}, {"12hour", 720 * KUCOIN_MINUTE}, {"1day", SIM_DAY_NS},
    {"1week", 7 * SIM_DAY_NS},
};

#define CANDLES_MAX 1500

/* Newest first; spans without a trade are left out. The end is not in it. */
static void run_candles(kucoin_call *call) {
  sim *s = call->s;
  int32_t index = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  const char *type = kucoin_param(call, "type");
  const sim_interval month = {"1month", 0}, *interval = type != NULL && strcmp(type, "1month") == 0 ? &month : NULL;
  if (index < 0) return;
  for (size_t i = 0; i < KUCOIN_INTERVALS; i++)
    if (type != NULL && strcmp(kucoin_intervals[i].name, type) == 0) interval = &kucoin_intervals[i];
  if (interval == NULL) {
    (void)kucoin_fail(call, "400100", "Unsupported candlestick type.");
    return;
  }
  uint32_t market = (uint32_t)index;
  const paper_market *m = kucoin_market(s, market);
  int64_t now_ns = sim_now_ns(s), start_ns = kucoin_whole(call, "startAt", 0) * KUCOIN_SECOND,
          end_ns = kucoin_whole(call, "endAt", 0) * KUCOIN_SECOND, count = 0;
  if (end_ns <= 0 || end_ns > now_ns) end_ns = now_ns + 1;
  if (start_ns < bourse__feed_begin(sim_feed(s))) start_ns = bourse__feed_begin(sim_feed(s));
  call->data = cJSON_CreateArray();
  for (int64_t open_ns = sim_candle_open(interval, end_ns - 1); open_ns >= start_ns && count < CANDLES_MAX; count++) {
    paper_bar bar = sim_bar(s, market, BOURSE_PRICE_LAST, interval, open_ns);
    const int64_t prices[] = {bar.open, bar.close, bar.high, bar.low};
    if (bar.count > 0) {
      cJSON *row = cJSON_CreateArray();
      cJSON_AddItemToArray(row, cJSON_CreateString(sim_units_text(open_ns / KUCOIN_SECOND, 0, 0)));
      for (size_t i = 0; i < 4; i++) cJSON_AddItemToArray(row, cJSON_CreateString(kucoin_price(s, market, prices[i])));
      cJSON_AddItemToArray(row, cJSON_CreateString(kucoin_amount(s, market, (int64_t)(bar.volume / m->unit_amount))));
      cJSON_AddItemToArray(row, cJSON_CreateString(sim_money_text(bar.quote, -1)));
      cJSON_AddItemToArray(call->data, row);
    }
    open_ns = sim_candle_open(interval, open_ns - 1);
  }
}

const kucoin_row kucoin_market_rows[] = {
    {"GET", "/api/v1/timestamp", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_time},
    {"GET", "/api/v1/status", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_status},
    {"POST", "/api/v1/bullet-public", KUCOIN_PUBLIC, POOL_PUBLIC, 10, run_bullet},
    {"POST", "/api/v1/bullet-private", KUCOIN_VIEW, POOL_SPOT, 10, run_private_bullet},
    {"POST", "/api/v2/bullet-private", KUCOIN_VIEW, POOL_MANAGEMENT, 10, run_unified_bullet},
    {"GET", "/api/v3/currencies", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_currencies},
    {"GET", "/api/v3/currencies/*", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_currency},
    {"GET", "/api/v2/symbols", KUCOIN_PUBLIC, POOL_PUBLIC, 4, run_symbols},
    {"GET", "/api/v2/symbols/*", KUCOIN_PUBLIC, POOL_PUBLIC, 4, run_symbol},
    {"GET", "/api/v1/market/orderbook/level1", KUCOIN_PUBLIC, POOL_PUBLIC, 2, run_level1},
    {"GET", "/api/v1/market/stats", KUCOIN_PUBLIC, POOL_PUBLIC, 15, run_stats},
    {"GET", "/api/v1/market/allTickers", KUCOIN_PUBLIC, POOL_PUBLIC, 15, run_tickers},
    {"GET", "/api/v1/prices", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_prices},
    {"GET", "/api/v1/market/orderbook/level2_20", KUCOIN_PUBLIC, POOL_PUBLIC, 2, run_level2_20},
    {"GET", "/api/v1/market/orderbook/level2_100", KUCOIN_PUBLIC, POOL_PUBLIC, 4, run_level2_100},
    {"GET", "/api/v3/market/orderbook/level2", KUCOIN_VIEW, POOL_SPOT, 3, run_level2},
    {"GET", "/api/v1/market/histories", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_trades},
    {"GET", "/api/v1/market/candles", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_candles},
    {NULL, NULL, 0, 0, 0, NULL},
};
