/* sim/coinbase_market.c - public data of Advanced Trade: time, products, books, trades, candles. What is under "/market" is
 * there for everybody; the same without it wants a token. */
#include "coinbase.h"

static const char *const names[PAPER_MARKETS] = {"Bitcoin", "Ethereum", "Solana",   "Ethereum",
                                                 "XRP",     "Dogecoin", "BTC PERP", "ETH PERP"};

static void run_time(coinbase_call *call) {
  cJSON *json = cJSON_CreateObject();
  char text[SIM_TIME_SIZE];
  int64_t now_ns = sim_clock_ns(call->s);
  cJSON_AddStringToObject(json, "iso", sim_iso(text, now_ns, 0));
  cJSON_AddStringToObject(json, "epochSeconds", sim_units_text(now_ns / COINBASE_SECOND, 0, 0));
  cJSON_AddStringToObject(json, "epochMillis", sim_units_text(now_ns / 1000000, 0, 0));
  coinbase_answer(call, json);
}

/* --- Products --- */

static void add_session(sim *s, cJSON *product) {
  cJSON *session = cJSON_AddObjectToObject(product, "fcm_trading_session_details"), *maintenance;
  int64_t day_ns = sim_now_ns(s) / COINBASE_DAY * COINBASE_DAY;
  cJSON_AddBoolToObject(session, "is_session_open", !sim_fault(s, "maintenance", "futures"));
  coinbase_add_time(s, session, "open_time", day_ns);
  coinbase_add_time(s, session, "close_time", day_ns + COINBASE_DAY);
  cJSON_AddStringToObject(session, "session_state", "FCM_TRADING_SESSION_STATE_OPEN");
  cJSON_AddFalseToObject(session, "after_hours_order_entry_disabled");
  cJSON_AddStringToObject(session, "closed_reason", "FCM_TRADING_SESSION_CLOSED_REASON_UNDEFINED");
  maintenance = cJSON_AddObjectToObject(session, "maintenance");
  coinbase_add_time(s, maintenance, "start_time", day_ns + 30 * COINBASE_DAY);
  coinbase_add_time(s, maintenance, "end_time", day_ns + 30 * COINBASE_DAY + 3 * 3600 * COINBASE_SECOND);
}

static void add_rate(cJSON *details, const char *name, const char *rate) {
  cJSON *both = cJSON_AddObjectToObject(details, name);
  cJSON_AddStringToObject(both, "long_margin_rate", rate);
  cJSON_AddStringToObject(both, "short_margin_rate", rate);
}

static void add_future(sim *s, cJSON *product, uint32_t market) {
  const paper_market *m = coinbase_market(s, market);
  const char *root = coinbase_rows[market].base;
  char code[4], name[24];
  cJSON *details = cJSON_AddObjectToObject(product, "future_product_details");
  int64_t hour_ns = 3600 * COINBASE_SECOND;
  (void)snprintf(code, sizeof code, "%.3s", coinbase_rows[market].id);
  (void)snprintf(name, sizeof name, "nano %s PERP", root);
  cJSON_AddStringToObject(details, "venue", "cde");
  cJSON_AddStringToObject(details, "contract_code", code);
  cJSON_AddStringToObject(details, "contract_expiry", "2030-12-20T16:00:00Z");
  sim_json_add_decimal(details, "contract_size", &coinbase_rows[market].step);
  cJSON_AddStringToObject(details, "contract_root_unit", root);
  cJSON_AddStringToObject(details, "group_description", name);
  cJSON_AddStringToObject(details, "contract_expiry_timezone", "America/New_York");
  cJSON_AddStringToObject(details, "group_short_description", name);
  cJSON_AddStringToObject(details, "risk_managed_by", "MANAGED_BY_FCM");
  cJSON_AddStringToObject(details, "contract_expiry_type", "EXPIRING");
  cJSON_AddNullToObject(details, "perpetual_details");
  cJSON_AddStringToObject(details, "contract_display_name", name);
  cJSON_AddStringToObject(details, "non_crypto", "");
  cJSON_AddFalseToObject(details, "twenty_four_by_seven");
  cJSON_AddStringToObject(details, "funding_interval", "3600s");
  cJSON_AddStringToObject(details, "open_interest",
                          coinbase_amount(s, market, bourse__feed_open_interest(sim_feed(s), market)));
  cJSON_AddStringToObject(details, "funding_rate",
                          sim_units_text(bourse__feed_premium(sim_feed(s), market) / 24, 9, -1));
  coinbase_add_time(s, details, "funding_time", sim_now_ns(s) / hour_ns * hour_ns);
  cJSON_AddStringToObject(details, "display_name", name);
  add_rate(details, "intraday_margin_rate", "0.1");
  add_rate(details, "overnight_margin_rate", "0.2");
  cJSON_AddStringToObject(details, "settlement_price", coinbase_price(s, market, m->mark));
  cJSON_AddStringToObject(details, "index_price", coinbase_price(s, market, m->index_price));
}

static void add_flags(sim *s, cJSON *product, uint32_t market) {
  int32_t halted = sim_fault(s, "maintenance", coinbase_is_future(market) ? "futures" : "spot");
  cJSON_AddFalseToObject(product, "watched");
  cJSON_AddFalseToObject(product, "is_disabled");
  cJSON_AddFalseToObject(product, "new");
  cJSON_AddStringToObject(product, "status", coinbase_is_future(market) ? "" : "online");
  cJSON_AddBoolToObject(product, "cancel_only", halted);
  cJSON_AddFalseToObject(product, "limit_only");
  cJSON_AddFalseToObject(product, "post_only");
  cJSON_AddFalseToObject(product, "trading_disabled");
  cJSON_AddFalseToObject(product, "auction_mode");
  cJSON_AddFalseToObject(product, "view_only");
}

static void add_sizes(sim *s, cJSON *product, uint32_t market) {
  const paper_market *m = coinbase_market(s, market);
  const sim_market_row *row = &coinbase_rows[market];
  int32_t future = coinbase_is_future(market);
  cJSON_AddStringToObject(product, "base_increment", coinbase_amount(s, market, m->step));
  cJSON_AddStringToObject(product, "quote_increment", future ? "0.01" : coinbase_price(s, market, m->tick));
  cJSON_AddStringToObject(product, "quote_min_size", future ? "0" : sim_money_text(m->cost_min, -1));
  cJSON_AddStringToObject(product, "quote_max_size", strcmp(row->quote, "BTC") == 0 ? "1000" : "150000000");
  cJSON_AddStringToObject(product, "base_min_size", coinbase_amount(s, market, m->amount_min));
  cJSON_AddStringToObject(product, "base_max_size", coinbase_amount(s, market, m->amount_max));
  cJSON_AddStringToObject(product, "price_increment", coinbase_price(s, market, m->tick));
}

cJSON *coinbase_product_json(sim *s, uint32_t market) {
  const paper_market *m = coinbase_market(s, market);
  const sim_market_row *row = &coinbase_rows[market];
  paper_bar day = bourse__feed_day(sim_feed(s), market);
  int32_t future = coinbase_is_future(market), dollars = strcmp(row->quote, "USD") == 0;
  cJSON *product = cJSON_CreateObject();
  cJSON_AddStringToObject(product, "product_id", row->id);
  cJSON_AddStringToObject(product, "price", coinbase_price(s, market, m->last));
  cJSON_AddStringToObject(product, "price_percentage_change_24h", coinbase_percent_change(m->last, day.open));
  cJSON_AddStringToObject(product, "volume_24h", coinbase_amount(s, market, (int64_t)(day.volume / m->unit_amount)));
  cJSON_AddStringToObject(product, "volume_percentage_change_24h", "0");
  add_sizes(s, product, market);
  cJSON_AddStringToObject(product, "base_name", future ? "" : names[market]);
  cJSON_AddStringToObject(product, "quote_name", dollars ? "US Dollar" : "Bitcoin");
  add_flags(s, product, market);
  cJSON_AddStringToObject(product, "product_type", future ? "FUTURE" : "SPOT");
  cJSON_AddStringToObject(product, "quote_currency_id", row->quote);
  cJSON_AddStringToObject(product, "base_currency_id", future ? "" : row->base);
  if (future)
    add_session(s, product);
  else
    cJSON_AddNullToObject(product, "fcm_trading_session_details");
  cJSON_AddStringToObject(product, "mid_market_price", "");
  cJSON_AddStringToObject(product, "alias", "");
  cJSON_AddArrayToObject(product, "alias_to");
  cJSON_AddStringToObject(product, "base_display_symbol", future ? "" : row->base);
  cJSON_AddStringToObject(product, "quote_display_symbol", row->quote);
  cJSON_AddStringToObject(product, "display_name", future ? names[market] : row->id);
  cJSON_AddStringToObject(product, "product_venue", future ? "FCM" : "CBE");
  cJSON_AddStringToObject(product, "approximate_quote_24h_volume", sim_money_text(day.quote, 2));
  if (future) add_future(s, product, market);
  return product;
}

static int32_t is_product_type(const char *type) {
  return type == NULL || strcmp(type, "SPOT") == 0 || strcmp(type, "FUTURE") == 0 ||
         strcmp(type, "UNKNOWN_PRODUCT_TYPE") == 0;
}

static void run_products(coinbase_call *call) {
  const char *type = coinbase_query(call, "product_type"), *expiry = coinbase_query(call, "contract_expiry_type");
  int64_t limit = coinbase_whole(call, "limit", 0), skip = coinbase_whole(call, "offset", 0), total = 0;
  char text[160];
  if (!is_product_type(type)) {
    (void)snprintf(text, sizeof text, "parsing field \"product_type\": \"%.60s\" is not a valid value", type);
    (void)coinbase_fail(call, 400, "unknown", text);
    return;
  }
  if (type != NULL && strcmp(type, "UNKNOWN_PRODUCT_TYPE") == 0) type = NULL;
  int32_t everything = coinbase_query(call, "get_all_products") != NULL || coinbase_has(call, "product_ids");
  if (type == NULL && !everything) type = expiry == NULL ? "SPOT" : "FUTURE";
  cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "products");
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    int32_t future = coinbase_is_future(m);
    if (type != NULL && strcmp(type, future ? "FUTURE" : "SPOT") != 0) continue;
    if (future && expiry != NULL && strcmp(expiry, "PERPETUAL") == 0) continue; /* none of those is left here */
    if (!coinbase_wants(call, "product_ids", coinbase_rows[m].id)) continue;
    if (total++ >= skip && (limit <= 0 || total - skip <= limit))
      cJSON_AddItemToArray(list, coinbase_product_json(call->s, m));
  }
  sim_json_add_integer(json, "num_products", cJSON_GetArraySize(list));
  coinbase_answer(call, json);
}

static void run_product(coinbase_call *call) {
  int32_t market = coinbase_product(call, call->parts[0]);
  if (market >= 0) coinbase_answer(call, coinbase_product_json(call->s, (uint32_t)market));
}

/* --- Books --- */

#define LEVELS_MAX 1000

static void add_levels(sim *s, cJSON *book, uint32_t market, int32_t side, uint32_t limit) {
  static sim_level levels[LEVELS_MAX];
  cJSON *list = cJSON_AddArrayToObject(book, side == 0 ? "bids" : "asks");
  uint32_t count = sim_read_side(s, market, side, levels, limit < LEVELS_MAX ? limit : LEVELS_MAX);
  for (uint32_t i = 0; i < count; i++) {
    cJSON *level = cJSON_CreateObject();
    cJSON_AddStringToObject(level, "price", coinbase_price(s, market, levels[i].price));
    cJSON_AddStringToObject(level, "size", coinbase_amount(s, market, levels[i].amount));
    cJSON_AddItemToArray(list, level);
  }
}

static cJSON *book_of(sim *s, uint32_t market, uint32_t limit) {
  cJSON *book = cJSON_CreateObject();
  cJSON_AddStringToObject(book, "product_id", coinbase_rows[market].id);
  for (int32_t side = 0; side < 2; side++) add_levels(s, book, market, side, limit);
  coinbase_add_time(s, book, "time", sim_now_ns(s));
  return book;
}

/* Of the middle of two prices whose difference and sum these are. */
static const char *basis_points(int64_t difference, int64_t sum) {
  __extension__ typedef __int128 wide;
  return sim_units_text(sum == 0 ? 0 : (int64_t)((wide)difference * 20000 * 1000000000000 / sum), 12, -1);
}

static void run_book(coinbase_call *call) {
  int32_t index = coinbase_product(call, coinbase_query(call, "product_id"));
  int64_t limit = coinbase_whole(call, "limit", LEVELS_MAX);
  if (index < 0) return;
  if (limit < 0) {
    (void)coinbase_fail(call, 400, "INVALID_ARGUMENT", "limit must be a positive number");
    return;
  }
  uint32_t market = (uint32_t)index;
  const paper_market *m = coinbase_market(call->s, market);
  int64_t bid = bourse__paper_best(m, BOURSE_SIDE_BUY), ask = bourse__paper_best(m, BOURSE_SIDE_SELL);
  const char *middle = sim_units_text((bid + ask) * 5, m->price_scale + 1, -1);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddItemToObject(json, "pricebook", book_of(call->s, market, limit == 0 ? LEVELS_MAX : (uint32_t)limit));
  cJSON_AddStringToObject(json, "last", middle);
  cJSON_AddStringToObject(json, "mid_market", middle);
  cJSON_AddStringToObject(json, "spread_bps", basis_points(ask - bid, ask + bid));
  cJSON_AddStringToObject(json, "spread_absolute", coinbase_price(call->s, market, ask - bid));
  coinbase_answer(call, json);
}

static void run_best(coinbase_call *call) {
  cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "pricebooks");
  for (uint32_t m = 0; m < PAPER_MARKETS; m++)
    if (coinbase_wants(call, "product_ids", coinbase_rows[m].id)) cJSON_AddItemToArray(list, book_of(call->s, m, 1));
  coinbase_answer(call, json);
}

/* --- Trades --- */

/* The side is the maker's. */
cJSON *coinbase_trade_json(sim *s, const paper_trade *trade) {
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "trade_id", sim_units_text((int64_t)trade->id, 0, 0));
  cJSON_AddStringToObject(row, "product_id", coinbase_rows[trade->market].id);
  cJSON_AddStringToObject(row, "price", coinbase_price(s, trade->market, trade->price));
  cJSON_AddStringToObject(row, "size", coinbase_amount(s, trade->market, trade->amount));
  coinbase_add_time(s, row, "time", trade->time_ns);
  cJSON_AddStringToObject(row, "side", trade->side == BOURSE_SIDE_BUY ? "SELL" : "BUY");
  return row;
}

static void run_ticker(coinbase_call *call) {
  sim *s = call->s;
  int32_t index = coinbase_product(call, call->parts[0]);
  int64_t limit = coinbase_whole(call, "limit", 100), start = coinbase_whole(call, "start", 0),
          end = coinbase_whole(call, "end", INT64_MAX / COINBASE_SECOND - 1);
  if (index < 0) return;
  uint32_t market = (uint32_t)index;
  const paper_market *m = coinbase_market(s, market);
  cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "trades");
  for (uint32_t i = sim_trade_count(s, market); i-- > 0 && cJSON_GetArraySize(list) < limit;) {
    const paper_trade *trade = sim_trade_at(s, market, i);
    int64_t time_ns = trade->time_ns + sim_skew_ns(s);
    if (time_ns < start * COINBASE_SECOND || time_ns > end * COINBASE_SECOND) continue;
    cJSON *row = coinbase_trade_json(s, trade);
    cJSON_AddStringToObject(row, "bid", "");
    cJSON_AddStringToObject(row, "ask", "");
    cJSON_AddStringToObject(row, "exchange", "coinbase");
    cJSON_AddItemToArray(list, row);
  }
  cJSON_AddStringToObject(json, "best_bid", coinbase_price(s, market, bourse__paper_best(m, BOURSE_SIDE_BUY)));
  cJSON_AddStringToObject(json, "best_ask", coinbase_price(s, market, bourse__paper_best(m, BOURSE_SIDE_SELL)));
  coinbase_answer(call, json);
}

/* --- Candles --- */

#define CANDLES_MAX 350

static const sim_interval intervals[] = {
    {"ONE_MINUTE", COINBASE_MINUTE},
    {"FIVE_MINUTE", 5 * COINBASE_MINUTE},
    {"FIFTEEN_MINUTE", 15 * COINBASE_MINUTE},
    {"THIRTY_MINUTE", 30 * COINBASE_MINUTE},
    {"ONE_HOUR", 60 * COINBASE_MINUTE},
    {"TWO_HOUR", 120 * COINBASE_MINUTE},
    {"FOUR_HOUR", 240 * COINBASE_MINUTE},
    {"SIX_HOUR", 360 * COINBASE_MINUTE},
    {"ONE_DAY", COINBASE_DAY},
};

/* NULL where there was no trade: such are left out. */
cJSON *coinbase_candle_json(sim *s, uint32_t market, const sim_interval *interval, int64_t open_ns) {
  const paper_market *m = coinbase_market(s, market);
  paper_bar bar = sim_bar(s, market, BOURSE_PRICE_LAST, interval, open_ns);
  if (bar.count == 0) return NULL;
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "start", sim_units_text(open_ns / COINBASE_SECOND, 0, 0));
  cJSON_AddStringToObject(row, "low", coinbase_price(s, market, bar.low));
  cJSON_AddStringToObject(row, "high", coinbase_price(s, market, bar.high));
  cJSON_AddStringToObject(row, "open", coinbase_price(s, market, bar.open));
  cJSON_AddStringToObject(row, "close", coinbase_price(s, market, bar.close));
  cJSON_AddStringToObject(row, "volume", coinbase_amount(s, market, (int64_t)(bar.volume / m->unit_amount)));
  return row;
}

static void run_candles(coinbase_call *call) {
  int32_t index = coinbase_product(call, call->parts[0]);
  const char *name = coinbase_query(call, "granularity");
  int64_t start = coinbase_whole(call, "start", -1), end = coinbase_whole(call, "end", -1),
          limit = coinbase_whole(call, "limit", CANDLES_MAX);
  size_t i = 0, count = sizeof intervals / sizeof intervals[0];
  if (index < 0) return;
  while (i < count && (name == NULL || strcmp(intervals[i].name, name) != 0)) i++;
  if (i == count || start < 0 || end < start) {
    (void)coinbase_fail(call, 400, "INVALID_ARGUMENT",
                        i == count ? "granularity argument is invalid" : "start and end arguments are invalid");
    return;
  }
  int64_t length = intervals[i].ns / COINBASE_SECOND, now_ns = sim_now_ns(call->s);
  if ((end - start) / length > CANDLES_MAX) {
    (void)coinbase_fail(call, 400, "INVALID_ARGUMENT", "number of candles requested should be less than 350");
    return;
  }
  if (end * COINBASE_SECOND > now_ns) end = now_ns / COINBASE_SECOND;
  cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "candles");
  for (int64_t open = end / length * length; open >= start && cJSON_GetArraySize(list) < limit; open -= length) {
    if (open * COINBASE_SECOND < bourse__feed_begin(sim_feed(call->s))) break;
    cJSON *row = coinbase_candle_json(call->s, (uint32_t)index, &intervals[i], open * COINBASE_SECOND);
    if (row != NULL) cJSON_AddItemToArray(list, row);
  }
  coinbase_answer(call, json);
}

#define API "/api/v3/brokerage"

const coinbase_row coinbase_market_rows[] = {
    {"GET", API "/time", COINBASE_PUBLIC, run_time},
    {"GET", API "/market/products", COINBASE_PUBLIC, run_products},
    {"GET", API "/market/products/*", COINBASE_PUBLIC, run_product},
    {"GET", API "/market/products/*/ticker", COINBASE_PUBLIC, run_ticker},
    {"GET", API "/market/products/*/candles", COINBASE_PUBLIC, run_candles},
    {"GET", API "/market/product_book", COINBASE_PUBLIC, run_book},
    {"GET", API "/products", COINBASE_VIEW, run_products},
    {"GET", API "/products/*", COINBASE_VIEW, run_product},
    {"GET", API "/products/*/ticker", COINBASE_VIEW, run_ticker},
    {"GET", API "/products/*/candles", COINBASE_VIEW, run_candles},
    {"GET", API "/product_book", COINBASE_VIEW, run_book},
    {"GET", API "/best_bid_ask", COINBASE_VIEW, run_best},
    {NULL, NULL, 0, NULL},
};
