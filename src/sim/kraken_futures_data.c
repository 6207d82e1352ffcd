/* sim/kraken_futures_data.c - public data of futures: instruments, tickers, books, trades, funding, charts. */
#include "kraken.h"

#define HOUR    3600
#define MILLION INT64_C(1000000)

/* --- Instruments --- */

static void add_instrument(sim *s, cJSON *list, uint32_t m) {
  static const char *const levels[][3] = {
      {"0", "0.02", "0.01"}, {"500000", "0.04", "0.02"}, {"2000000", "0.1", "0.05"}};
  const sim_market_row *row = &kraken_rows[m];
  cJSON *out = cJSON_CreateObject();
  char index[32];
  (void)snprintf(index, sizeof index, "in_%c%c%cusd", kraken_pairs[m].base[0] | 32, kraken_pairs[m].base[1] | 32,
                 kraken_pairs[m].base[2] | 32);
  cJSON_AddStringToObject(out, "symbol", kraken_pairs[m].id);
  cJSON_AddStringToObject(out, "type", "flexible_futures");
  cJSON_AddStringToObject(out, "underlying", index);
  sim_json_add_number(out, "tickSize", &row->tick);
  sim_json_add_integer(out, "contractSize", 1);
  cJSON_AddTrueToObject(out, "tradeable");
  sim_json_add_integer(out, "impactMidSize", 1);
  sim_json_add_number(out, "maxPositionSize", &row->amount_max);
  cJSON_AddStringToObject(out, "openingDate", "2022-03-22T09:33:05.000Z");
  cJSON *margins = cJSON_AddArrayToObject(out, "marginLevels");
  for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
    cJSON *level = cJSON_CreateObject();
    kraken_add_raw(level, "numNonContractUnits", levels[i][0]);
    kraken_add_raw(level, "initialMargin", levels[i][1]);
    kraken_add_raw(level, "maintenanceMargin", levels[i][2]);
    cJSON_AddItemToArray(margins, level);
  }
  sim_json_add_integer(out, "fundingRateCoefficient", 24);
  kraken_add_raw(out, "maxRelativeFundingRate", "0.0025");
  cJSON_AddStringToObject(out, "isin", "");
  sim_json_add_integer(out, "contractValueTradePrecision", kraken_pairs[m].amount_decimals);
  cJSON_AddFalseToObject(out, "postOnly");
  cJSON_AddStringToObject(out, "feeScheduleUid", "5b755fea-c5b0-4307-a66e-b392cd5bd931");
  cJSON_AddFalseToObject(out, "mtf");
  cJSON_AddStringToObject(out, "base", strcmp(row->base, "BTC") == 0 ? "BTC" : row->base);
  cJSON_AddStringToObject(out, "quote", "USD");
  cJSON_AddStringToObject(out, "pair", kraken_pairs[m].wsname);
  cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "tags"), cJSON_CreateString("perpetual"));
  cJSON_AddItemToArray(list, out);
  (void)s;
}

static const char *instruments(sim *s, const sim_request *request, cJSON *out) {
  cJSON *list = cJSON_AddArrayToObject(out, "instruments");
  (void)request;
  for (uint32_t m = KRAKEN_SPOT_MARKETS; m < PAPER_MARKETS; m++) add_instrument(s, list, m);
  return NULL;
}

static const char *instruments_status(sim *s, const sim_request *request, cJSON *out) {
  cJSON *list = cJSON_AddArrayToObject(out, "instrumentStatus");
  (void)request, (void)s;
  for (uint32_t m = KRAKEN_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "tradeable", kraken_pairs[m].id);
    cJSON_AddFalseToObject(row, "experiencingDislocation");
    cJSON_AddNullToObject(row, "priceDislocationDirection");
    cJSON_AddFalseToObject(row, "experiencingExtremeVolatility");
    sim_json_add_integer(row, "extremeVolatilityInitialMarginMultiplier", 1);
    cJSON_AddItemToArray(list, row);
  }
  return NULL;
}

static const char *fee_schedules(sim *s, const sim_request *request, cJSON *out) {
  cJSON *row = cJSON_CreateObject(), *tier = cJSON_CreateObject();
  (void)s, (void)request;
  cJSON_AddStringToObject(row, "uid", "5b755fea-c5b0-4307-a66e-b392cd5bd931");
  cJSON_AddStringToObject(row, "name", "PF");
  kraken_add_raw(tier, "makerFee", "0.02");
  kraken_add_raw(tier, "takerFee", "0.05");
  kraken_add_raw(tier, "usdVolume", "0");
  cJSON_AddItemToArray(cJSON_AddArrayToObject(row, "tiers"), tier);
  cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "feeSchedules"), row);
  return NULL;
}

/* --- Funding --- */

/* By the hour: the premium over the index, a 24th of it; relative, and in dollars for one coin. */
static void add_funding(sim *s, cJSON *out, const char *name, const char *relative_name, uint32_t market,
                        int64_t second) {
  const paper_market *m = kraken_market(s, market);
  int64_t mark = bourse__feed_price(sim_feed(s), market, BOURSE_PRICE_LAST, second),
          index = bourse__feed_price(sim_feed(s), market, BOURSE_PRICE_INDEX, second);
  bourse_decimal of, rate, price = bourse__paper_decimal(index, m->price_scale),
                           day = {24, 0, 0, BOURSE_DECIMAL_PRESENT},
                           premium = bourse__paper_decimal(mark - index, m->price_scale);
  (void)bourse_decimal_mul(&of, &price, &day);
  if (index == 0 || bourse_decimal_div(&rate, &premium, &of, 15, BOURSE_ROUND_HALF_EVEN) != BOURSE_OK) return;
  bourse_decimal_trim(&rate, &rate);
  if (relative_name != NULL) sim_json_add_number(out, relative_name, &rate);
  (void)bourse_decimal_mul(&rate, &rate, &price);
  bourse_decimal_trim(&rate, &rate);
  if (name != NULL) sim_json_add_number(out, name, &rate);
}

#define PAST_RATES 500

static const char *funding_rates(sim *s, const sim_request *request, cJSON *out) {
  int32_t market = kraken_product_named(sim_param(request, "symbol"));
  if (market < 0) return "contractNotFound";
  cJSON *list = cJSON_AddArrayToObject(out, "rates");
  int64_t hour = sim_now_ns(s) / KRAKEN_SECOND / HOUR;
  for (int64_t h = hour - PAST_RATES; h <= hour; h++) {
    cJSON *row = cJSON_CreateObject();
    kraken_add_iso(row, "timestamp", s, h * HOUR * KRAKEN_SECOND - sim_skew_ns(s));
    add_funding(s, row, "fundingRate", "relativeFundingRate", (uint32_t)market, h * HOUR);
    cJSON_AddItemToArray(list, row);
  }
  return NULL;
}

/* --- Tickers --- */

static const paper_level *best_of(sim *s, uint32_t market, int32_t side) {
  const paper_side *levels = &kraken_market(s, market)->sides[side];
  return levels->count > 0 ? &levels->levels[levels->count - 1] : NULL;
}

static void add_change(cJSON *out, const char *name, int64_t last, int64_t open) {
  bourse_decimal percent, change = bourse__paper_decimal(last - open, -2), of = bourse__paper_decimal(open, 0);
  if (open != 0 && bourse_decimal_div(&percent, &change, &of, 2, BOURSE_ROUND_HALF_EVEN) == BOURSE_OK)
    sim_json_add_number(out, name, &percent);
}

/* Spelled in one way by REST and in another by the stream. */
cJSON *kraken_futures_ticker(sim *s, uint32_t market, int32_t on_stream) {
  const paper_market *m = kraken_market(s, market);
  paper_bar day = bourse__feed_day(sim_feed(s), market);
  int64_t second = sim_now_ns(s) / KRAKEN_SECOND;
  cJSON *out = cJSON_CreateObject();
#define NAME(rest_, stream_) (on_stream ? (stream_) : (rest_))
  if (on_stream) {
    cJSON_AddStringToObject(out, "feed", "ticker");
    kraken_futures_add_ms(out, "time", s, sim_now_ns(s));
  }
  cJSON_AddStringToObject(out, NAME("symbol", "product_id"), kraken_pairs[market].id);
  for (int32_t side = 0; side < 2; side++) {
    const paper_level *best = best_of(s, market, side);
    kraken_futures_add_price(out, side == 0 ? "bid" : "ask", s, market, best == NULL ? 0 : best->price);
    kraken_futures_add_amount(out, side == 0 ? NAME("bidSize", "bid_size") : NAME("askSize", "ask_size"), s, market,
                              best == NULL ? 0 : best->visible);
  }
  kraken_futures_add_amount(out, NAME("vol24h", "volume"), s, market, (int64_t)(day.volume / m->unit_amount));
  kraken_add_money(out, "volumeQuote", day.quote, -1);
  kraken_futures_add_price(out, "last", s, market, m->last);
  kraken_futures_add_price(out, "markPrice", s, market, m->mark != 0 ? m->mark : m->last);
  kraken_futures_add_price(out, NAME("indexPrice", "index"), s, market, m->index_price);
  kraken_futures_add_amount(out, "openInterest", s, market, bourse__feed_open_interest(sim_feed(s), market));
  kraken_futures_add_price(out, NAME("open24h", "open"), s, market, day.open);
  kraken_futures_add_price(out, NAME("high24h", "high"), s, market, day.high);
  kraken_futures_add_price(out, NAME("low24h", "low"), s, market, day.low);
  add_change(out, NAME("change24h", "change"), m->last, day.open);
  add_funding(s, out, NAME("fundingRate", "funding_rate"), on_stream ? "relative_funding_rate" : NULL, market,
              second / HOUR * HOUR);
  add_funding(s, out, NAME("fundingRatePrediction", "funding_rate_prediction"),
              on_stream ? "relative_funding_rate_prediction" : NULL, market, second);
  cJSON_AddStringToObject(out, "tag", "perpetual");
  cJSON_AddStringToObject(out, "pair", kraken_pairs[market].wsname);
  cJSON_AddFalseToObject(out, "suspended");
  cJSON_AddFalseToObject(out, NAME("postOnly", "post_only"));
#undef NAME
  if (on_stream) {
    kraken_futures_add_ms(out, "next_funding_rate_time", s,
                          (second / HOUR + 1) * HOUR * KRAKEN_SECOND - sim_skew_ns(s));
    cJSON_AddStringToObject(out, "leverage", "50x");
    sim_json_add_integer(out, "dtm", 0);
    sim_json_add_integer(out, "maturityTime", 0);
  } else {
    kraken_add_iso(out, "lastTime", s, m->last_ns);
    kraken_futures_add_amount(out, "lastSize", s, market, m->last_amount);
  }
  return out;
}

static const char *tickers(sim *s, const sim_request *request, cJSON *out) {
  cJSON *list = cJSON_AddArrayToObject(out, "tickers");
  (void)request;
  for (uint32_t m = KRAKEN_SPOT_MARKETS; m < PAPER_MARKETS; m++)
    cJSON_AddItemToArray(list, kraken_futures_ticker(s, m, 0));
  return NULL;
}

/* --- Books and trades --- */

/* [[price, size]] or [{"price", "qty"}], best first. */
cJSON *kraken_futures_side(sim *s, uint32_t market, int32_t side, int32_t on_stream) {
  const paper_side *levels = &kraken_market(s, market)->sides[side];
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = levels->count; i-- > 0;) {
    if (levels->levels[i].visible <= 0) continue;
    cJSON *row = on_stream ? cJSON_CreateObject() : cJSON_CreateArray();
    kraken_futures_add_price(row, on_stream ? "price" : NULL, s, market, levels->levels[i].price);
    kraken_futures_add_amount(row, on_stream ? "qty" : NULL, s, market, levels->levels[i].visible);
    cJSON_AddItemToArray(list, row);
  }
  return list;
}

static const char *order_book(sim *s, const sim_request *request, cJSON *out) {
  int32_t market = kraken_product_named(sim_param(request, "symbol"));
  if (market < 0) return "contractNotFound";
  cJSON *book = cJSON_AddObjectToObject(out, "orderBook");
  cJSON_AddItemToObject(book, "bids", kraken_futures_side(s, (uint32_t)market, 0, 0));
  cJSON_AddItemToObject(book, "asks", kraken_futures_side(s, (uint32_t)market, 1, 0));
  return NULL;
}

const char *kraken_futures_uid(char out[KRAKEN_ID_SIZE], const kraken_trade *trade) { return sim_uuid(out, trade->id); }

#define PAST_TRADES 100

/* The index-th newest, those before the simulation began among them. */
static int32_t newest_trade(sim *s, kraken_trade *out, uint32_t market, uint32_t index) {
  uint32_t kept = kraken_of(s)->trades[market].count;
  const kraken_trade *trade = kraken_trade_at(s, market, index);
  if (trade != NULL) *out = *trade;
  int64_t slot = (kraken_of(s)->start_second - 1) / PAPER_TRADE_SECONDS - ((int64_t)index - (int64_t)kept);
  return trade != NULL || kraken_past_trade(s, out, market, slot);
}

static const char *history(sim *s, const sim_request *request, cJSON *out) {
  int32_t market = kraken_product_named(sim_param(request, "symbol"));
  int64_t last_ns = sim_iso_read(sim_param(request, "lastTime"));
  kraken_trade trade;
  char id[KRAKEN_ID_SIZE];
  if (market < 0) return "contractNotFound";
  cJSON *list = cJSON_AddArrayToObject(out, "history");
  uint32_t count = 0;
  for (uint32_t i = 0; count < PAST_TRADES && newest_trade(s, &trade, (uint32_t)market, i); i++) {
    if (last_ns > 0 && trade.time_ns >= last_ns) continue;
    cJSON *row = cJSON_CreateObject();
    kraken_add_iso(row, "time", s, trade.time_ns);
    sim_json_add_integer(row, "trade_id", (int64_t)trade.id);
    kraken_futures_add_price(row, "price", s, (uint32_t)market, trade.price);
    kraken_futures_add_amount(row, "size", s, (uint32_t)market, trade.amount);
    cJSON_AddStringToObject(row, "side", trade.side == BOURSE_SIDE_BUY ? "buy" : "sell");
    cJSON_AddStringToObject(row, "type", "fill");
    cJSON_AddStringToObject(row, "uid", kraken_futures_uid(id, &trade));
    cJSON_AddItemToArray(list, row);
    count++;
  }
  return NULL;
}

/* "market/PF_XBTUSD/executions": the same with both orders named, and pages. */
const char *kraken_futures_market_history(sim *s, const char *name, const sim_request *request, cJSON *out) {
  char symbol[32];
  const char *begin = name + strlen("market/"), *ascending = sim_param(request, "sort"), *text;
  kraken_trade trade;
  char id[KRAKEN_ID_SIZE];
  (void)snprintf(symbol, sizeof symbol, "%.*s", (int)strcspn(begin, "/"), begin);
  int32_t market = kraken_product_named(symbol);
  if (market < 0 || strstr(begin, "/executions") == NULL) return "contractNotFound";
  uint32_t m = (uint32_t)market;
  int64_t since_ns = (text = sim_param(request, "since")) == NULL ? 0 : strtoll(text, NULL, 10) * MILLION;
  int64_t before_ns = (text = sim_param(request, "before")) == NULL ? INT64_MAX : strtoll(text, NULL, 10) * MILLION;
  uint32_t limit = (text = sim_param(request, "count")) == NULL ? 1000 : (uint32_t)strtoul(text, NULL, 10);
  uint64_t from = (text = sim_param(request, "continuation_token")) == NULL ? 0 : strtoull(text, NULL, 10), last = 0;
  int32_t up = ascending != NULL && strcmp(ascending, "asc") == 0;
  uint32_t far = 0, count = 0;
  if (limit == 0 || limit > 1000) limit = 1000;
  cJSON *list = cJSON_AddArrayToObject(out, "elements");
  while (far < 20000 && newest_trade(s, &trade, m, far) && trade.time_ns >= since_ns) far++;
  for (uint32_t i = 0; i < far && count < limit; i++) {
    if (!newest_trade(s, &trade, m, up ? far - 1 - i : i) || trade.time_ns >= before_ns) continue;
    if (from != 0 && (up ? trade.id <= from : trade.id >= from)) continue;
    cJSON *row = cJSON_CreateObject(), *inner, *order;
    cJSON_AddStringToObject(row, "uid", kraken_futures_uid(id, &trade));
    kraken_futures_add_ms(row, "timestamp", s, trade.time_ns);
    inner = cJSON_AddObjectToObject(cJSON_AddObjectToObject(cJSON_AddObjectToObject(row, "event"), "Execution"),
                                    "execution");
    cJSON_AddStringToObject(inner, "uid", id);
    for (int32_t taker = 0; taker < 2; taker++) {
      order = cJSON_AddObjectToObject(inner, taker ? "takerOrder" : "makerOrder");
      cJSON_AddStringToObject(order, "tradeable", kraken_pairs[m].id);
      cJSON_AddStringToObject(order, "direction", (trade.side == BOURSE_SIDE_BUY) == (taker != 0) ? "Buy" : "Sell");
      cJSON_AddStringToObject(order, "orderType", taker ? "IoC" : "Limit");
    }
    kraken_futures_add_ms(inner, "timestamp", s, trade.time_ns);
    cJSON_AddStringToObject(inner, "quantity", sim_units_text(trade.amount, kraken_market(s, m)->amount_scale, -1));
    cJSON_AddStringToObject(inner, "price", sim_units_text(trade.price, kraken_market(s, m)->price_scale, -1));
    cJSON_AddItemToArray(list, row);
    last = trade.id;
    count++;
  }
  sim_json_add_integer(out, "len", count);
  if (count == limit) cJSON_AddStringToObject(out, "continuationToken", sim_units_text((int64_t)last, 0, 0));
  return NULL;
}

/* --- Charts --- */

static const struct {
  const char *name;
  int32_t minutes;
} resolutions[] = {{"1m", 1},   {"5m", 5},    {"15m", 15},  {"30m", 30},  {"1h", 60},
                   {"4h", 240}, {"12h", 720}, {"1d", 1440}, {"1w", 10080}};

#define CANDLES 2000

/* The seconds that a chart is asked for, both included. */
static void read_span(sim *s, const sim_request *request, const char *first, int64_t length_ns, int64_t *from_ns,
                      int64_t *to_ns) {
  const char *from = sim_param(request, first), *to = sim_param(request, "to");
  *to_ns = to == NULL ? sim_now_ns(s) : strtoll(to, NULL, 10) * KRAKEN_SECOND;
  if (*to_ns > sim_now_ns(s)) *to_ns = sim_now_ns(s);
  *from_ns = from == NULL ? *to_ns - (CANDLES - 1) * length_ns : strtoll(from, NULL, 10) * KRAKEN_SECOND;
  if (*from_ns < bourse__feed_begin(sim_feed(s))) *from_ns = bourse__feed_begin(sim_feed(s));
}

static const char *candles(sim *s, const char *type, uint32_t market, const char *resolution,
                           const sim_request *request, cJSON *out) {
  const paper_market *m = kraken_market(s, market);
  int32_t which = strcmp(type, "trade") == 0  ? BOURSE_PRICE_LAST
                  : strcmp(type, "mark") == 0 ? BOURSE_PRICE_MARK
                  : strcmp(type, "spot") == 0 ? BOURSE_PRICE_INDEX
                                              : 0;
  int64_t length_ns = 0, from_ns, to_ns, count = 0;
  for (size_t i = 0; i < sizeof resolutions / sizeof resolutions[0]; i++)
    if (strcmp(resolution, resolutions[i].name) == 0) length_ns = resolutions[i].minutes * KRAKEN_MINUTE;
  if (length_ns == 0 || which == 0) return "invalidArgument";
  read_span(s, request, "from", length_ns, &from_ns, &to_ns);
  cJSON *list = cJSON_AddArrayToObject(out, "candles");
  int64_t begin_ns = (from_ns + length_ns - 1) / length_ns * length_ns;
  for (; begin_ns <= to_ns && count < CANDLES; begin_ns += length_ns, count++) {
    paper_bar bar = bourse__feed_bar(sim_feed(s), market, which, begin_ns, begin_ns + length_ns);
    static const char *const names[] = {"open", "high", "low", "close"};
    const int64_t prices[] = {bar.open, bar.high, bar.low, bar.close};
    cJSON *row = cJSON_CreateObject();
    sim_json_add_integer(row, "time", begin_ns / MILLION);
    for (int32_t i = 0; i < 4; i++) sim_json_add_units(row, names[i], prices[i], m->price_scale, -1);
    sim_json_add_units(row, "volume", which == BOURSE_PRICE_LAST ? (int64_t)(bar.volume / m->unit_amount) : 0,
                       m->amount_scale, -1);
    cJSON_AddItemToArray(list, row);
  }
  cJSON_AddBoolToObject(out, "more_candles", begin_ns <= to_ns);
  return NULL;
}

static const char *interest(sim *s, uint32_t market, const sim_request *request, cJSON *out) {
  const char *interval = sim_param(request, "interval");
  int64_t length_ns = interval == NULL ? 0 : strtoll(interval, NULL, 10) * KRAKEN_SECOND, from_ns, to_ns, count = 0;
  if (length_ns <= 0) return "requiredArgumentMissing";
  read_span(s, request, "since", length_ns, &from_ns, &to_ns);
  cJSON *result = cJSON_AddObjectToObject(out, "result"), *times = cJSON_AddArrayToObject(result, "timestamp");
  cJSON_AddFalseToObject(result, "more");
  cJSON *values = cJSON_AddArrayToObject(result, "data");
  int64_t begin_ns = (from_ns + length_ns - 1) / length_ns * length_ns;
  for (; begin_ns <= to_ns && count < CANDLES; begin_ns += length_ns, count++) {
    cJSON *row = cJSON_CreateArray();
    kraken_add_raw(times, NULL, sim_units_text(begin_ns / KRAKEN_SECOND, 0, 0));
    for (int32_t i = 0; i < 4; i++) {
      int64_t amount = bourse__feed_open_interest(sim_feed(s), market);
      cJSON_AddItemToArray(row, cJSON_CreateString(sim_units_text(amount, kraken_market(s, market)->amount_scale, -1)));
    }
    cJSON_AddItemToArray(values, row);
  }
  cJSON_AddArrayToObject(out, "errors");
  return NULL;
}

/* "trade/PF_XBTUSD/1h", "analytics/PF_XBTUSD/open-interest". */
const char *kraken_futures_charts(sim *s, const char *path, const sim_request *request, cJSON *out) {
  char type[16], symbol[32], last[32];
  if (sscanf(path, "%15[^/]/%31[^/]/%31[^/]", type, symbol, last) != 3) return "notFound";
  int32_t market = kraken_product_named(symbol);
  if (market < 0) return "contractNotFound";
  if (strcmp(type, "analytics") == 0)
    return strcmp(last, "open-interest") == 0 ? interest(s, (uint32_t)market, request, out) : "notFound";
  return candles(s, type, (uint32_t)market, last, request, out);
}

const char *kraken_futures_public(sim *s, const char *name, const sim_request *request, cJSON *out, int32_t *known) {
  static const struct {
    const char *name;
    const char *(*call)(sim *s, const sim_request *request, cJSON *out);
  } calls[] = {{"instruments", instruments},
               {"instruments/status", instruments_status},
               {"tickers", tickers},
               {"orderbook", order_book},
               {"history", history},
               {"historical-funding-rates", funding_rates},
               {"historicalfundingrates", funding_rates},
               {"feeschedules", fee_schedules}};
  *known = 1;
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
    if (strcmp(name, calls[i].name) == 0) return calls[i].call(s, request, out);
  if (kraken_starts(name, "tickers/")) {
    int32_t market = kraken_product_named(name + strlen("tickers/"));
    if (market < 0) return "contractNotFound";
    cJSON_AddItemToObject(out, "ticker", kraken_futures_ticker(s, (uint32_t)market, 0));
    return NULL;
  }
  *known = 0;
  return NULL;
}
