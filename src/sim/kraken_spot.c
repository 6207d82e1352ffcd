/* sim/kraken_spot.c - public calls of spot: "Market Data" of docs.kraken.com's Spot REST API. */
#include <time.h>

#include "kraken.h"

const int32_t kraken_intervals[KRAKEN_INTERVALS] = {1, 5, 15, 30, 60, 240, 1440, 10080, 21600};

#define CANDLES 720

/* --- Time and status --- */

static const char *server_time(sim *s, const sim_request *request, cJSON *out) {
  char text[64];
  time_t seconds = (time_t)(sim_clock_ns(s) / KRAKEN_SECOND);
  struct tm tm;
  (void)request;
  (void)strftime(text, sizeof text, "%a, %d %b %y %H:%M:%S +0000", gmtime_r(&seconds, &tm));
  sim_json_add_integer(out, "unixtime", seconds);
  cJSON_AddStringToObject(out, "rfc1123", text);
  return NULL;
}

static const char *system_status(sim *s, const sim_request *request, cJSON *out) {
  char text[KRAKEN_TEXT_SIZE];
  (void)request;
  cJSON_AddStringToObject(out, "status", sim_fault(s, "maintenance", "spot") ? "maintenance" : "online");
  cJSON_AddStringToObject(out, "timestamp", sim_iso(text, sim_clock_ns(s), 0));
  return NULL;
}

/* --- Assets and pairs --- */

/* Whether a name is in a list with commas; no list: any is. `same` compares. */
static int32_t is_listed(const char *list, int32_t index, int32_t (*find)(const char *name)) {
  char one[32];
  if (list == NULL || list[0] == '\0') return 1;
  for (const char *at = list; *at != '\0';) {
    size_t end = strcspn(at, ",");
    (void)snprintf(one, sizeof one, "%.*s", (int)end, at);
    if (find(one) == index) return 1;
    at += end + (at[end] == ',');
  }
  return 0;
}

/* A name of the list that is none of ours. */
static int32_t has_unknown(const char *list, int32_t (*find)(const char *name)) {
  char one[32];
  for (const char *at = list; at != NULL && *at != '\0';) {
    size_t end = strcspn(at, ",");
    (void)snprintf(one, sizeof one, "%.*s", (int)end, at);
    if (find(one) < 0) return 1;
    at += end + (at[end] == ',');
  }
  return 0;
}

static const char *const codes[] = {"BTC", "ETH", "SOL", "XRP", "DOGE", "USD"};
#define CODES ((int32_t)(sizeof codes / sizeof codes[0]))

static int32_t asset_named(const char *name) {
  const char *code = kraken_currency(name);
  for (int32_t i = 0; code != NULL && i < CODES; i++)
    if (strcmp(codes[i], code) == 0) return i;
  return -1;
}

static const char *asset_list(sim *s, const sim_request *request, cJSON *out) {
  const char *wanted = sim_param(request, "asset");
  (void)s;
  if (has_unknown(wanted, asset_named)) return "EQuery:Unknown asset";
  for (int32_t i = 0; i < CODES; i++) {
    if (!is_listed(wanted, i, asset_named)) continue;
    const char *id = kraken_asset(codes[i]);
    cJSON *asset = cJSON_AddObjectToObject(out, id);
    int32_t usd = strcmp(codes[i], "USD") == 0;
    cJSON_AddStringToObject(asset, "aclass", "currency");
    cJSON_AddStringToObject(asset, "altname", strlen(id) == 4 && strchr("XZ", id[0]) != NULL ? id + 1 : id);
    sim_json_add_integer(asset, "decimals", usd ? 4 : 10);
    sim_json_add_integer(asset, "display_decimals", usd ? 2 : 5);
    kraken_add_raw(asset, "collateral_value", "1.0");
    cJSON_AddStringToObject(asset, "status", "enabled");
  }
  return NULL;
}

static void add_fees(cJSON *pair, const char *name, const bourse_decimal *rate) {
  bourse_decimal percent = *rate;
  percent.exponent += 2;
  cJSON *step = cJSON_CreateArray();
  kraken_add_raw(step, NULL, "0");
  kraken_add_raw(step, NULL, sim_decimal_text(&percent));
  cJSON_AddItemToArray(cJSON_AddArrayToObject(pair, name), step);
}

static void add_pair(cJSON *out, uint32_t i) {
  const kraken_pair *names = &kraken_pairs[i];
  const sim_market_row *row = &kraken_rows[i];
  cJSON *pair = cJSON_AddObjectToObject(out, names->id);
  cJSON_AddStringToObject(pair, "altname", names->altname);
  cJSON_AddStringToObject(pair, "wsname", names->wsname);
  cJSON_AddStringToObject(pair, "aclass_base", "currency");
  cJSON_AddStringToObject(pair, "base", names->base);
  cJSON_AddStringToObject(pair, "aclass_quote", "currency");
  cJSON_AddStringToObject(pair, "quote", names->quote);
  cJSON_AddStringToObject(pair, "lot", "unit");
  sim_json_add_integer(pair, "cost_decimals", 5);
  sim_json_add_integer(pair, "pair_decimals", names->price_decimals);
  sim_json_add_integer(pair, "lot_decimals", names->amount_decimals);
  sim_json_add_integer(pair, "lot_multiplier", 1);
  cJSON *buy = cJSON_AddArrayToObject(pair, "leverage_buy"), *sell = cJSON_AddArrayToObject(pair, "leverage_sell");
  for (int32_t leverage = 2; leverage <= kraken_leverage_max(i); leverage++) {
    cJSON_AddItemToArray(buy, cJSON_CreateNumber(leverage));
    cJSON_AddItemToArray(sell, cJSON_CreateNumber(leverage));
  }
  add_fees(pair, "fees", &row->taker);
  add_fees(pair, "fees_maker", &row->maker);
  cJSON_AddStringToObject(pair, "fee_volume_currency", "ZUSD");
  sim_json_add_integer(pair, "margin_call", 80);
  sim_json_add_integer(pair, "margin_stop", 40);
  sim_json_add_decimal(pair, "ordermin", &row->amount_min);
  sim_json_add_decimal(pair, "costmin", &row->cost_min);
  sim_json_add_decimal(pair, "tick_size", &row->tick);
  cJSON_AddStringToObject(pair, "status", "online");
  cJSON_AddStringToObject(pair, "execution_venue", "international");
}

static const char *pair_list(sim *s, const sim_request *request, cJSON *out) {
  const char *wanted = sim_param(request, "pair"), *class = sim_param(request, "aclass_base");
  (void)s;
  if (class != NULL && strcmp(class, "currency") != 0) return NULL; /* no tokenized assets here */
  if (has_unknown(wanted, kraken_pair_named)) return "EQuery:Unknown asset pair";
  for (uint32_t i = 0; i < KRAKEN_SPOT_MARKETS; i++)
    if (is_listed(wanted, (int32_t)i, kraken_pair_named)) add_pair(out, i);
  return NULL;
}

/* --- Tickers --- */

static void add_quote(sim *s, cJSON *ticker, const char *name, uint32_t market, int32_t side) {
  const paper_market *m = kraken_market(s, market);
  const paper_side *levels = &m->sides[side == BOURSE_SIDE_BUY ? 0 : 1];
  const paper_level *best = levels->count > 0 ? &levels->levels[levels->count - 1] : NULL;
  cJSON *quote = cJSON_AddArrayToObject(ticker, name);
  kraken_add_text(quote, NULL, best == NULL ? 0 : best->price, m->price_scale, kraken_pairs[market].price_decimals);
  kraken_add_text(quote, NULL, best == NULL ? 0 : best->visible, m->amount_scale, 0);
  kraken_add_text(quote, NULL, best == NULL ? 0 : best->visible, m->amount_scale, 3);
}

/* [today, last 24 hours]. */
static void add_two(cJSON *ticker, const char *name, const char *today, const char *day) {
  cJSON *both = cJSON_AddArrayToObject(ticker, name);
  cJSON_AddItemToArray(both, cJSON_CreateString(today));
  cJSON_AddItemToArray(both, cJSON_CreateString(day));
}

static int64_t amount_of(const paper_market *market, paper_money volume) {
  return (int64_t)(volume / market->unit_amount);
}

static void add_ticker(sim *s, cJSON *out, uint32_t i) {
  const paper_market *m = kraken_market(s, i);
  cJSON *ticker = cJSON_AddObjectToObject(out, kraken_pairs[i].id);
  int64_t day_ns = 1440 * KRAKEN_MINUTE, now_ns = sim_now_ns(s), begin_ns = now_ns - now_ns % day_ns;
  paper_bar today = bourse__feed_bar(sim_feed(s), i, BOURSE_PRICE_LAST, begin_ns, begin_ns + day_ns),
            day = bourse__feed_day(sim_feed(s), i);
  if (today.count == 0) today = day;
  add_quote(s, ticker, "a", i, BOURSE_SIDE_SELL);
  add_quote(s, ticker, "b", i, BOURSE_SIDE_BUY);
  cJSON *last = cJSON_AddArrayToObject(ticker, "c");
  kraken_add_text(last, NULL, m->last, m->price_scale, kraken_pairs[i].price_decimals);
  kraken_add_text(last, NULL, m->last_amount, m->amount_scale, kraken_pairs[i].amount_decimals);
  add_two(ticker, "v", kraken_amount_text(s, i, amount_of(m, today.volume)),
          kraken_amount_text(s, i, amount_of(m, day.volume)));
  add_two(ticker, "p", kraken_average_text(s, i, today.quote, amount_of(m, today.volume)),
          kraken_average_text(s, i, day.quote, amount_of(m, day.volume)));
  cJSON *counts = cJSON_AddArrayToObject(ticker, "t");
  kraken_add_raw(counts, NULL, sim_units_text(today.count, 0, 0));
  kraken_add_raw(counts, NULL, sim_units_text(day.count, 0, 0));
  add_two(ticker, "l", kraken_price_text(s, i, today.low), kraken_price_text(s, i, day.low));
  add_two(ticker, "h", kraken_price_text(s, i, today.high), kraken_price_text(s, i, day.high));
  cJSON_AddStringToObject(ticker, "o", kraken_price_text(s, i, today.open));
}

static const char *ticker_list(sim *s, const sim_request *request, cJSON *out) {
  const char *wanted = sim_param(request, "pair");
  if (has_unknown(wanted, kraken_pair_named)) return "EQuery:Unknown asset pair";
  for (uint32_t i = 0; i < KRAKEN_SPOT_MARKETS; i++)
    if (is_listed(wanted, (int32_t)i, kraken_pair_named)) add_ticker(s, out, i);
  return NULL;
}

/* --- Books --- */

static const char *depth(sim *s, const sim_request *request, cJSON *out) {
  const char *count_text = sim_param(request, "count");
  int32_t market = kraken_pair_named(sim_param(request, "pair"));
  long count = count_text == NULL ? 100 : strtol(count_text, NULL, 10);
  if (market < 0) return "EQuery:Unknown asset pair";
  if (count < 1 || count > 500) return "EGeneral:Invalid arguments:count";
  const paper_market *m = kraken_market(s, (uint32_t)market);
  cJSON *book = cJSON_AddObjectToObject(out, kraken_pairs[market].id);
  for (int32_t side = 1; side >= 0; side--) {
    const paper_side *levels = &m->sides[side];
    cJSON *rows = cJSON_AddArrayToObject(book, side == 0 ? "bids" : "asks");
    for (uint32_t i = 0; i < levels->count && i < (uint32_t)count; i++) {
      const paper_level *level = &levels->levels[levels->count - 1 - i];
      cJSON *row = cJSON_CreateArray();
      kraken_add_text(row, NULL, level->price, m->price_scale, kraken_pairs[market].price_decimals);
      kraken_add_text(row, NULL, level->visible, m->amount_scale, kraken_pairs[market].amount_decimals);
      kraken_add_raw(row, NULL, sim_units_text(sim_clock_ns(s) / KRAKEN_SECOND, 0, 0));
      cJSON_AddItemToArray(rows, row);
    }
  }
  return NULL;
}

static const char *spread(sim *s, const sim_request *request, cJSON *out) {
  int32_t market = kraken_pair_named(sim_param(request, "pair"));
  if (market < 0) return "EQuery:Unknown asset pair";
  const paper_market *m = kraken_market(s, (uint32_t)market);
  cJSON *row = cJSON_CreateArray(), *rows = cJSON_AddArrayToObject(out, kraken_pairs[market].id);
  int64_t second = sim_clock_ns(s) / KRAKEN_SECOND;
  kraken_add_raw(row, NULL, sim_units_text(second, 0, 0));
  for (int32_t side = 0; side < 2; side++)
    kraken_add_text(row, NULL, bourse__paper_best(m, side == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL), m->price_scale,
                    kraken_pairs[market].price_decimals);
  cJSON_AddItemToArray(rows, row);
  sim_json_add_integer(out, "last", second);
  return NULL;
}

/* --- Trades --- */

static void add_trade(sim *s, cJSON *rows, uint32_t market, const kraken_trade *trade) {
  const paper_market *m = kraken_market(s, market);
  char time[KRAKEN_TEXT_SIZE];
  cJSON *row = cJSON_CreateArray();
  (void)snprintf(time, sizeof time, "%lld.%09lld", (long long)(trade->time_ns / KRAKEN_SECOND),
                 (long long)(trade->time_ns % KRAKEN_SECOND));
  kraken_add_text(row, NULL, trade->price, m->price_scale, kraken_pairs[market].price_decimals);
  kraken_add_text(row, NULL, trade->amount, m->amount_scale, kraken_pairs[market].amount_decimals);
  kraken_add_raw(row, NULL, time);
  cJSON_AddItemToArray(row, cJSON_CreateString(trade->side == BOURSE_SIDE_BUY ? "b" : "s"));
  cJSON_AddItemToArray(row, cJSON_CreateString("l"));
  cJSON_AddItemToArray(row, cJSON_CreateString(""));
  kraken_add_raw(row, NULL, sim_units_text((int64_t)trade->id, 0, 0));
  cJSON_AddItemToArray(rows, row);
}

/* Trades behind a time, oldest first: those the feed tells of, then those that were. Without a time, the newest. */
static const char *trades(sim *s, const sim_request *request, cJSON *out) {
  const char *since_text = sim_param(request, "since"), *count_text = sim_param(request, "count");
  int32_t market = kraken_pair_named(sim_param(request, "pair"));
  long limit = count_text == NULL ? 1000 : strtol(count_text, NULL, 10), count = 0;
  const int64_t every = PAPER_TRADE_SECONDS, start_ns = kraken_of(s)->start_second * KRAKEN_SECOND;
  if (market < 0) return "EQuery:Unknown asset pair";
  if (limit < 1 || limit > 1000) return "EGeneral:Invalid arguments:count";
  uint32_t m = (uint32_t)market, kept = kraken_of(s)->trades[m].count;
  int64_t since_ns = since_text == NULL ? 0 : strtoll(since_text, NULL, 10), last_ns;
  if (since_ns > 0 && since_ns < INT64_C(100000000000)) since_ns *= KRAKEN_SECOND;
  if (since_ns <= 0) {
    int64_t missing = limit - (int64_t)kept;
    since_ns = missing > 0 ? start_ns - missing * every * KRAKEN_SECOND
                           : kraken_trade_at(s, m, (uint32_t)limit - 1)->time_ns - 1;
  }
  if (since_ns < bourse__feed_begin(sim_feed(s))) since_ns = bourse__feed_begin(sim_feed(s));
  last_ns = since_ns;
  cJSON *rows = cJSON_AddArrayToObject(out, kraken_pairs[market].id);
  kraken_trade trade;
  for (int64_t slot = since_ns / KRAKEN_SECOND / every + 1; count < limit && kraken_past_trade(s, &trade, m, slot);
       slot++, count++) {
    add_trade(s, rows, m, &trade);
    last_ns = trade.time_ns;
  }
  for (uint32_t i = kept; i-- > 0 && count < limit;) {
    const kraken_trade *made = kraken_trade_at(s, m, i);
    if (made->time_ns <= since_ns) continue;
    add_trade(s, rows, m, made);
    last_ns = made->time_ns;
    count++;
  }
  cJSON_AddStringToObject(out, "last", sim_units_text(last_ns, 0, 0));
  return NULL;
}

/* --- Candles --- */

static const char *candles(sim *s, const sim_request *request, cJSON *out) {
  const char *interval_text = sim_param(request, "interval"), *since_text = sim_param(request, "since");
  int32_t market = kraken_pair_named(sim_param(request, "pair")), known = 0;
  long minutes = interval_text == NULL ? 1 : strtol(interval_text, NULL, 10);
  for (int32_t i = 0; i < KRAKEN_INTERVALS; i++) known |= kraken_intervals[i] == minutes;
  if (market < 0) return "EQuery:Unknown asset pair";
  if (!known) return "EGeneral:Invalid arguments:interval";
  const paper_market *m = kraken_market(s, (uint32_t)market);
  uint32_t index = (uint32_t)market;
  int64_t length_ns = minutes * KRAKEN_MINUTE, now_ns = sim_now_ns(s), first = now_ns / length_ns - CANDLES + 1;
  int64_t since_ns = since_text == NULL ? 0 : strtoll(since_text, NULL, 10) * KRAKEN_SECOND, last = 0;
  cJSON *rows = cJSON_AddArrayToObject(out, kraken_pairs[market].id);
  for (int64_t n = first; n <= now_ns / length_ns; n++) {
    int64_t begin_ns = n * length_ns;
    if (begin_ns <= since_ns || begin_ns < bourse__feed_begin(sim_feed(s))) continue;
    paper_bar bar = bourse__feed_bar(sim_feed(s), index, BOURSE_PRICE_LAST, begin_ns, begin_ns + length_ns);
    if (bar.count == 0) continue;
    const int64_t prices[] = {bar.open, bar.high, bar.low, bar.close};
    cJSON *row = cJSON_CreateArray();
    kraken_add_raw(row, NULL, sim_units_text(begin_ns / KRAKEN_SECOND, 0, 0));
    for (int32_t i = 0; i < 4; i++)
      kraken_add_text(row, NULL, prices[i], m->price_scale, kraken_pairs[market].price_decimals);
    cJSON_AddItemToArray(row, cJSON_CreateString(kraken_average_text(s, index, bar.quote, amount_of(m, bar.volume))));
    cJSON_AddItemToArray(row, cJSON_CreateString(kraken_amount_text(s, index, amount_of(m, bar.volume))));
    kraken_add_raw(row, NULL, sim_units_text(bar.count, 0, 0));
    cJSON_AddItemToArray(rows, row);
    if (n < now_ns / length_ns) last = begin_ns / KRAKEN_SECOND;
  }
  sim_json_add_integer(out, "last", last);
  return NULL;
}

const char *kraken_public_call(sim *s, const char *name, const sim_request *request, cJSON **result, int32_t *known) {
  static const struct {
    const char *name;
    const char *(*call)(sim *s, const sim_request *request, cJSON *out);
  } calls[] = {{"Time", server_time},   {"SystemStatus", system_status},
               {"Assets", asset_list},  {"AssetPairs", pair_list},
               {"Ticker", ticker_list}, {"Depth", depth},
               {"Trades", trades},      {"OHLC", candles},
               {"Spread", spread}};
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    if (strcmp(name, calls[i].name) != 0) continue;
    *known = 1;
    *result = cJSON_CreateObject();
    return calls[i].call(s, request, *result);
  }
  *known = 0;
  return NULL;
}
