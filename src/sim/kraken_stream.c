/* sim/kraken_stream.c - WebSocket v2 of spot: connections, subscriptions, public channels. One address serves public and
 * private channels here; Kraken has a host for each. Followed: docs.kraken.com "Spot WebSocket v2". */
#include "kraken.h"

static const uint32_t depths[KRAKEN_DEPTHS] = {10, 25, 100, 500, 1000};

static const char *text_of(const cJSON *object, const char *name) {
  return sim_json_item_text(cJSON_GetObjectItemCaseSensitive(object, name));
}

/* --- Sending --- */

void kraken_send(sim *s, sim_connection *connection, cJSON *message) {
  kraken_connection *state = sim_connection_state(connection);
  state->sent_ns = sim_now_ns(s);
  sim_send_json(connection, message);
}

/* The same text to all whose subscriptions have this bit. */
static void send_all(sim *s, cJSON *message, uint32_t market, int32_t bit) {
  char *text = cJSON_PrintUnformatted(message);
  for (sim_connection *c = sim_next_socket(s, NULL); text != NULL && c != NULL; c = sim_next_socket(s, c)) {
    kraken_connection *state = sim_connection_state(c);
    if (state->futures || (state->on[market] & bit) == 0) continue;
    state->sent_ns = sim_now_ns(s);
    sim_send_text(c, text);
  }
  cJSON_free(text);
  cJSON_Delete(message);
}

static int32_t is_wanted(sim *s, uint32_t market, int32_t bit) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const kraken_connection *state = sim_connection_state(c);
    if (!state->futures && (state->on[market] & bit) != 0) return 1;
  }
  return 0;
}

static void lift(cJSON *message, cJSON *result, const char *name) {
  cJSON *item = cJSON_DetachItemFromObjectCaseSensitive(result, name);
  if (item != NULL) cJSON_AddItemToObject(message, name, item);
}

/* Takes the result, whose `symbol` stands beside the error when there is one. */
void kraken_answer(sim *s, sim_connection *connection, const cJSON *message, const char *method, const char *error,
                   cJSON *result) {
  char time[KRAKEN_TEXT_SIZE];
  const cJSON *id = cJSON_GetObjectItemCaseSensitive(message, "req_id");
  cJSON *answer = cJSON_CreateObject();
  if (error != NULL) {
    cJSON_AddStringToObject(answer, "error", error);
    lift(answer, result, "symbol");
  }
  cJSON_AddStringToObject(answer, "method", method);
  if (id != NULL) cJSON_AddItemToObject(answer, "req_id", sim_json_again(id));
  lift(answer, result, "orders_cancelled");
  if (error == NULL && result != NULL && result->child == NULL && strcmp(method, "batch_cancel") == 0)
    cJSON_Delete(result);
  else if (error == NULL && result != NULL)
    cJSON_AddItemToObject(answer, "result", result);
  else
    cJSON_Delete(result);
  cJSON_AddBoolToObject(answer, "success", error == NULL);
  sim_iso(time, sim_clock_ns(s), 6);
  cJSON_AddStringToObject(answer, "time_in", time);
  cJSON_AddStringToObject(answer, "time_out", time);
  kraken_send(s, connection, answer);
}

static cJSON *channel_message(const char *channel, const char *type, cJSON *row) {
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "channel", channel);
  cJSON_AddStringToObject(message, "type", type);
  if (row != NULL) cJSON_AddItemToArray(cJSON_AddArrayToObject(message, "data"), row);
  return message;
}

void kraken_socket_open(sim *s, sim_connection *connection) {
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "api_version", "v2");
  char id[24];
  (void)snprintf(id, sizeof id, "%llu", (unsigned long long)(sim_random(s) | UINT64_C(1) << 63));
  kraken_add_raw(row, "connection_id", id);
  cJSON_AddStringToObject(row, "system", sim_fault(s, "maintenance", "spot") ? "maintenance" : "online");
  cJSON_AddStringToObject(row, "version", "2.0.10");
  kraken_send(s, connection, channel_message("status", "update", row));
}

/* --- Books --- */

static uint32_t crc32_of(uint32_t crc, const char *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    crc ^= (uint8_t)bytes[i];
    for (int32_t k = 0; k < 8; k++) crc = crc >> 1 ^ (UINT32_C(0xedb88320) & (0 - (crc & 1)));
  }
  return crc;
}

/* Digits without the dot and without zeros in front. */
static uint32_t add_digits(uint32_t crc, const char *text) {
  char digits[64];
  size_t length = 0;
  for (; *text != '\0' && length < sizeof digits; text++)
    if (*text != '.' && (length > 0 || *text != '0')) digits[length++] = *text;
  return crc32_of(crc, digits, length);
}

static uint32_t checksum(sim *s, uint32_t market, const kraken_book *book) {
  uint32_t crc = UINT32_MAX;
  for (int32_t side = 1; side >= 0; side--)
    for (uint32_t i = 0; i < book->ladder.count[side] && i < 10; i++) {
      crc = add_digits(crc, kraken_price_text(s, market, book->ladder.levels[side][i].price));
      crc = add_digits(crc, kraken_amount_text(s, market, book->ladder.levels[side][i].amount));
    }
  return ~crc;
}

static void add_level(sim *s, cJSON *list, uint32_t market, int64_t price, int64_t amount) {
  cJSON *level = cJSON_CreateObject();
  kraken_add_price(level, "price", market, s, price);
  kraken_add_amount(level, "qty", market, s, amount);
  cJSON_AddItemToArray(list, level);
}

/* What the lists of changes are written to. */
typedef struct book_lists {
  sim *s;
  uint32_t market;
  cJSON *lists[2];
} book_lists;

static void add_change(void *lists, int32_t side, const sim_level *level) {
  const book_lists *to = lists;
  add_level(to->s, to->lists[side], to->market, level->price, level->amount);
}

static cJSON *book_row(sim *s, uint32_t market, cJSON *bids, cJSON *asks) {
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "symbol", kraken_rows[market].symbol);
  cJSON_AddItemToObject(row, "bids", bids == NULL ? cJSON_CreateArray() : bids);
  cJSON_AddItemToObject(row, "asks", asks == NULL ? cJSON_CreateArray() : asks);
  (void)s;
  return row;
}

static void finish_book(sim *s, cJSON *row, uint32_t market, const kraken_book *book) {
  char time[KRAKEN_TEXT_SIZE];
  uint32_t sum = checksum(s, market, book);
  if (sim_fault(s, "stream_bad_checksum", kraken_rows[market].symbol)) sum ^= 1;
  sim_json_add_integer(row, "checksum", sum);
  cJSON_AddStringToObject(row, "timestamp", sim_iso(time, sim_clock_ns(s), 6));
}

static void send_book(sim *s, uint32_t market, uint32_t d, cJSON *message) {
  char *text = cJSON_PrintUnformatted(message);
  int32_t anyone = 0;
  for (sim_connection *c = sim_next_socket(s, NULL); text != NULL && c != NULL; c = sim_next_socket(s, c)) {
    kraken_connection *state = sim_connection_state(c);
    if (state->futures || (state->depths[market] & 1u << d) == 0) continue;
    anyone = 1;
    if (sim_fault(s, "stream_gap", kraken_rows[market].symbol)) continue;
    state->sent_ns = sim_now_ns(s);
    sim_send_text(c, text);
  }
  if (!anyone) kraken_of(s)->books[market][d].active = 0;
  cJSON_free(text);
  cJSON_Delete(message);
}

static void flush_book(sim *s, uint32_t market, uint32_t d) {
  kraken_book *book = &kraken_of(s)->books[market][d];
  book_lists to = {s, market, {cJSON_CreateArray(), cJSON_CreateArray()}};
  uint32_t changes = sim_ladder_follow(s, &book->ladder, market, SIM_LADDER_CLIENTS_CUT, add_change, &to);
  cJSON *row = book_row(s, market, to.lists[0], to.lists[1]);
  if (changes == 0) {
    cJSON_Delete(row);
    return;
  }
  finish_book(s, row, market, book);
  send_book(s, market, d, channel_message("book", "update", row));
}

static void snapshot_book(sim *s, sim_connection *connection, uint32_t market, uint32_t d) {
  kraken_book *book = &kraken_of(s)->books[market][d];
  if (!book->active) sim_ladder_read(s, &book->ladder, market, depths[d]);
  book->active = 1;
  cJSON *lists[2] = {cJSON_CreateArray(), cJSON_CreateArray()};
  for (int32_t side = 0; side < 2; side++)
    for (uint32_t i = 0; i < book->ladder.count[side]; i++)
      add_level(s, lists[side], market, book->ladder.levels[side][i].price, book->ladder.levels[side][i].amount);
  cJSON *row = book_row(s, market, lists[0], lists[1]);
  finish_book(s, row, market, book);
  kraken_send(s, connection, channel_message("book", "snapshot", row));
}

/* --- Tickers, trades, candles, instruments --- */

static void add_best(sim *s, cJSON *row, uint32_t market, int32_t side) {
  const paper_side *levels = &kraken_market(s, market)->sides[side];
  const paper_level *best = levels->count > 0 ? &levels->levels[levels->count - 1] : NULL;
  kraken_add_price(row, side == 0 ? "bid" : "ask", market, s, best == NULL ? 0 : best->price);
  kraken_add_amount(row, side == 0 ? "bid_qty" : "ask_qty", market, s, best == NULL ? 0 : best->visible);
}

static cJSON *ticker_row(sim *s, uint32_t market) {
  const paper_market *m = kraken_market(s, market);
  paper_bar day = bourse__feed_day(sim_feed(s), market);
  int64_t volume = (int64_t)(day.volume / m->unit_amount);
  bourse_decimal percent, change = bourse__paper_decimal(m->last - day.open, m->price_scale),
                          open = bourse__paper_decimal(day.open, m->price_scale);
  char time[KRAKEN_TEXT_SIZE];
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "symbol", kraken_rows[market].symbol);
  add_best(s, row, market, 0);
  add_best(s, row, market, 1);
  kraken_add_price(row, "last", market, s, m->last);
  kraken_add_amount(row, "volume", market, s, volume);
  kraken_add_raw(row, "vwap", kraken_average_text(s, market, day.quote, volume));
  kraken_add_price(row, "low", market, s, day.low);
  kraken_add_price(row, "high", market, s, day.high);
  kraken_add_price(row, "change", market, s, m->last - day.open);
  change.exponent += 2;
  if (day.open == 0 || bourse_decimal_div(&percent, &change, &open, 2, BOURSE_ROUND_HALF_EVEN) != BOURSE_OK)
    kraken_add_raw(row, "change_pct", "0.00");
  else
    kraken_add_raw(row, "change_pct", sim_decimal_text(&percent));
  cJSON_AddStringToObject(row, "timestamp", sim_iso(time, sim_clock_ns(s), 6));
  return row;
}

static cJSON *trade_row(sim *s, uint32_t market, const kraken_trade *trade) {
  char time[KRAKEN_TEXT_SIZE];
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "symbol", kraken_rows[market].symbol);
  cJSON_AddStringToObject(row, "side", trade->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  kraken_add_price(row, "price", market, s, trade->price);
  kraken_add_amount(row, "qty", market, s, trade->amount);
  cJSON_AddStringToObject(row, "ord_type", "limit");
  kraken_add_raw(row, "trade_id", sim_units_text((int64_t)trade->id, 0, 0));
  cJSON_AddStringToObject(row, "timestamp", sim_iso(time, trade->time_ns + sim_skew_ns(s), 6));
  return row;
}

/* The newest, oldest first. */
static cJSON *trades_message(sim *s, uint32_t market, const char *type, uint32_t count) {
  cJSON *message = channel_message("trade", type, NULL), *rows = cJSON_AddArrayToObject(message, "data");
  for (uint32_t i = count; i-- > 0;) {
    const kraken_trade *trade = kraken_trade_at(s, market, i);
    if (trade != NULL) cJSON_AddItemToArray(rows, trade_row(s, market, trade));
  }
  return message;
}

static cJSON *candle_row(sim *s, uint32_t market, int32_t interval, int64_t begin_ns) {
  int64_t length_ns = kraken_intervals[interval] * KRAKEN_MINUTE;
  paper_bar bar = bourse__feed_bar(sim_feed(s), market, BOURSE_PRICE_LAST, begin_ns, begin_ns + length_ns);
  const paper_market *m = kraken_market(s, market);
  char time[KRAKEN_TEXT_SIZE];
  if (bar.count == 0) return NULL;
  int64_t volume = (int64_t)(bar.volume / m->unit_amount);
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "symbol", kraken_rows[market].symbol);
  kraken_add_price(row, "open", market, s, bar.open);
  kraken_add_price(row, "high", market, s, bar.high);
  kraken_add_price(row, "low", market, s, bar.low);
  kraken_add_price(row, "close", market, s, bar.close);
  sim_json_add_integer(row, "trades", bar.count);
  kraken_add_amount(row, "volume", market, s, volume);
  kraken_add_raw(row, "vwap", kraken_average_text(s, market, bar.quote, volume));
  cJSON_AddStringToObject(row, "interval_begin", sim_iso(time, begin_ns, 9));
  sim_json_add_integer(row, "interval", kraken_intervals[interval]);
  cJSON_AddStringToObject(row, "timestamp", sim_iso(time, begin_ns + length_ns, 6));
  return row;
}

static cJSON *candles_message(sim *s, uint32_t market, int32_t interval, const char *type, int32_t count) {
  int64_t length_ns = kraken_intervals[interval] * KRAKEN_MINUTE, now_ns = sim_now_ns(s);
  char time[KRAKEN_TEXT_SIZE];
  cJSON *message = channel_message("ohlc", type, NULL), *rows;
  cJSON_AddStringToObject(message, "timestamp", sim_iso(time, sim_clock_ns(s), 9));
  rows = cJSON_AddArrayToObject(message, "data");
  for (int32_t i = count; i-- > 0;) {
    cJSON *row = candle_row(s, market, interval, (now_ns / length_ns - i) * length_ns);
    if (row != NULL) cJSON_AddItemToArray(rows, row);
  }
  return message;
}

static cJSON *instruments(void) {
  static const char *const assets[] = {"USD", "BTC", "ETH", "SOL", "XRP", "DOGE"};
  cJSON *data = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(data, "assets");
  for (size_t i = 0; i < sizeof assets / sizeof assets[0]; i++) {
    cJSON *asset = cJSON_CreateObject();
    cJSON_AddStringToObject(asset, "id", assets[i]);
    cJSON_AddStringToObject(asset, "status", "enabled");
    sim_json_add_integer(asset, "precision", i == 0 ? 4 : 10);
    sim_json_add_integer(asset, "precision_display", i == 0 ? 2 : 5);
    cJSON_AddTrueToObject(asset, "borrowable");
    kraken_add_raw(asset, "collateral_value", "1.00");
    cJSON_AddItemToArray(list, asset);
  }
  list = cJSON_AddArrayToObject(data, "pairs");
  for (uint32_t i = 0; i < KRAKEN_SPOT_MARKETS; i++) {
    const sim_market_row *row = &kraken_rows[i];
    cJSON *pair = cJSON_CreateObject();
    cJSON_AddStringToObject(pair, "symbol", row->symbol);
    cJSON_AddStringToObject(pair, "base", row->base);
    cJSON_AddStringToObject(pair, "quote", row->quote);
    cJSON_AddStringToObject(pair, "status", "online");
    sim_json_add_integer(pair, "qty_precision", kraken_pairs[i].amount_decimals);
    sim_json_add_number(pair, "qty_increment", &row->step);
    sim_json_add_integer(pair, "price_precision", kraken_pairs[i].price_decimals);
    sim_json_add_integer(pair, "cost_precision", 5);
    cJSON_AddTrueToObject(pair, "marginable");
    sim_json_add_units(pair, "margin_initial", 100 / kraken_leverage_max(i), 2, 2);
    cJSON_AddFalseToObject(pair, "has_index");
    sim_json_add_number(pair, "cost_min", &row->cost_min);
    sim_json_add_number(pair, "tick_size", &row->tick);
    sim_json_add_number(pair, "price_increment", &row->tick);
    sim_json_add_number(pair, "qty_min", &row->amount_min);
    cJSON_AddStringToObject(pair, "execution_venue", "international");
    cJSON_AddItemToArray(list, pair);
  }
  return data;
}

/* --- Subscriptions --- */

/* Index of a number among those that can be subscribed; -1: none. Absent: the first. */
static int32_t depth_index(const char *text) {
  for (int32_t i = 0; i < KRAKEN_DEPTHS; i++)
    if (text == NULL || (uint32_t)strtoul(text, NULL, 10) == depths[i]) return i;
  return -1;
}

static int32_t interval_index(const char *text) {
  for (int32_t i = 0; i < KRAKEN_INTERVALS; i++)
    if (text == NULL || strtol(text, NULL, 10) == kraken_intervals[i]) return i;
  return -1;
}

static int32_t wants_snapshot(const cJSON *params, int32_t usual) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(params, "snapshot");
  return cJSON_IsBool(item) ? cJSON_IsTrue(item) : usual;
}

static const char *turn(int32_t is_on, int32_t on) {
  if (on && is_on) return "Already subscribed";
  return !on && !is_on ? "Subscription Not Found" : NULL;
}

/* What the channel of a market is subscribed as, into the answer; NULL: done. */
static const char *turn_market(kraken_connection *state, const cJSON *params, const char *channel, uint32_t market,
                               int32_t on, cJSON *result) {
  if (strcmp(channel, "book") == 0) {
    int32_t d = depth_index(text_of(params, "depth"));
    if (d < 0) return "Subscription depth not supported";
    const char *error = turn((state->depths[market] >> d & 1) != 0, on);
    if (error == NULL) state->depths[market] ^= (uint8_t)(1u << d);
    sim_json_add_integer(result, "depth", depths[d]);
    return error;
  }
  if (strcmp(channel, "ohlc") == 0) {
    int32_t i = interval_index(text_of(params, "interval"));
    if (i < 0) return "Subscription ohlc interval not supported";
    const char *error = turn((state->intervals[market] >> i & 1) != 0, on);
    if (error == NULL) state->intervals[market] ^= (uint16_t)(1u << i);
    sim_json_add_integer(result, "interval", kraken_intervals[i]);
    return error;
  }
  const char *trigger = text_of(params, "event_trigger");
  int32_t bit = ON_TRADES;
  if (strcmp(channel, "ticker") == 0) {
    bit = trigger != NULL && strcmp(trigger, "bbo") == 0 ? ON_BBO : ON_TICKER;
    cJSON_AddStringToObject(result, "event_trigger", bit == ON_BBO ? "bbo" : "trades");
  }
  const char *error = turn((state->on[market] & bit) != 0, on);
  if (error == NULL) state->on[market] ^= (uint8_t)bit;
  return error;
}

#define PAST_TRADES  50
#define PAST_CANDLES 100

static void snapshot_market(sim *s, sim_connection *connection, const cJSON *params, const char *channel,
                            uint32_t market) {
  if (!wants_snapshot(params, strcmp(channel, "trade") != 0)) {
    if (strcmp(channel, "book") != 0) return; /* updates of a book need their beginning: it is made ready */
  }
  if (strcmp(channel, "book") == 0)
    snapshot_book(s, connection, market, (uint32_t)depth_index(text_of(params, "depth")));
  else if (strcmp(channel, "ticker") == 0)
    kraken_send(s, connection, channel_message("ticker", "snapshot", ticker_row(s, market)));
  else if (strcmp(channel, "trade") == 0)
    kraken_send(s, connection, trades_message(s, market, "snapshot", PAST_TRADES));
  else
    kraken_send(s, connection,
                candles_message(s, market, interval_index(text_of(params, "interval")), "snapshot", PAST_CANDLES));
}

static void subscribe_symbol(sim *s, sim_connection *connection, const cJSON *message, const char *channel,
                             const char *symbol, int32_t on) {
  const cJSON *params = cJSON_GetObjectItemCaseSensitive(message, "params");
  kraken_connection *state = sim_connection_state(connection);
  const char *error, *method = on ? "subscribe" : "unsubscribe";
  int32_t market = kraken_pair_by_symbol(symbol);
  char text[96];
  cJSON *result = cJSON_CreateObject();
  cJSON_AddStringToObject(result, "channel", channel);
  cJSON_AddStringToObject(result, "symbol", symbol);
  if (on) cJSON_AddBoolToObject(result, "snapshot", wants_snapshot(params, strcmp(channel, "trade") != 0));
  if (market < 0) {
    (void)snprintf(text, sizeof text, "Currency pair not supported %.40s", symbol);
    error = text;
  } else {
    error = turn_market(state, params, channel, (uint32_t)market, on, result);
  }
  kraken_answer(s, connection, message, method, error, result);
  if (error == NULL && on) snapshot_market(s, connection, params, channel, (uint32_t)market);
}

static void subscribe(sim *s, sim_connection *connection, const cJSON *message, int32_t on) {
  static const char *const of_markets[] = {"ticker", "book", "trade", "ohlc"};
  const cJSON *params = cJSON_GetObjectItemCaseSensitive(message, "params");
  const char *channel = text_of(params, "channel"), *method = on ? "subscribe" : "unsubscribe", *error = NULL;
  kraken_connection *state = sim_connection_state(connection);
  for (size_t i = 0; channel != NULL && i < sizeof of_markets / sizeof of_markets[0]; i++) {
    if (strcmp(channel, of_markets[i]) != 0) continue;
    const cJSON *symbols = cJSON_GetObjectItemCaseSensitive(params, "symbol"), *symbol;
    kraken_flush(s); /* so that what is told from now on follows the first state */
    if (!cJSON_IsArray(symbols) || symbols->child == NULL) {
      kraken_answer(s, connection, message, method, "Symbol(s) not found", NULL);
      return;
    }
    cJSON_ArrayForEach(symbol, symbols) if (sim_json_item_text(symbol) != NULL)
        subscribe_symbol(s, connection, message, channel, sim_json_item_text(symbol), on);
    return;
  }
  cJSON *result = cJSON_CreateObject();
  if (channel != NULL) cJSON_AddStringToObject(result, "channel", channel);
  if (channel == NULL) {
    error = "Channel not found";
  } else if (strcmp(channel, "instrument") == 0) {
    error = turn((state->private_on & ON_INSTRUMENTS) != 0, on);
    if (error == NULL) state->private_on ^= ON_INSTRUMENTS;
    cJSON_AddBoolToObject(result, "snapshot", wants_snapshot(params, 1));
  } else {
    error = kraken_subscribe_private(s, connection, params, channel, on, result);
  }
  kraken_answer(s, connection, message, method, error, result);
  if (error != NULL || !on) return;
  if (strcmp(channel, "instrument") == 0) {
    cJSON *out = channel_message("instrument", "snapshot", NULL);
    cJSON_AddItemToObject(out, "data", instruments());
    if (wants_snapshot(params, 1))
      kraken_send(s, connection, out);
    else
      cJSON_Delete(out);
  } else {
    kraken_snapshot_private(s, connection, params, channel);
  }
}

void kraken_socket_message(sim *s, sim_connection *connection, const cJSON *message) {
  const char *method = text_of(message, "method");
  if (message == NULL || !cJSON_IsObject(message) || method == NULL) {
    cJSON *answer = cJSON_CreateObject();
    cJSON_AddStringToObject(answer, "error", message == NULL ? "Json Error" : "Method not found");
    cJSON_AddBoolToObject(answer, "success", 0);
    kraken_send(s, connection, answer);
    return;
  }
  if (strcmp(method, "ping") == 0) {
    char time[KRAKEN_TEXT_SIZE];
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(message, "req_id");
    cJSON *answer = cJSON_CreateObject();
    cJSON_AddStringToObject(answer, "method", "pong");
    if (id != NULL) cJSON_AddItemToObject(answer, "req_id", sim_json_again(id));
    sim_iso(time, sim_clock_ns(s), 6);
    cJSON_AddStringToObject(answer, "time_in", time);
    cJSON_AddStringToObject(answer, "time_out", time);
    kraken_send(s, connection, answer);
  } else if (strcmp(method, "subscribe") == 0 || strcmp(method, "unsubscribe") == 0) {
    subscribe(s, connection, message, strcmp(method, "subscribe") == 0);
  } else if (!kraken_trade_message(s, connection, method, message)) {
    kraken_answer(s, connection, message, method, "Method(s) not found", NULL);
  }
}

/* --- As time goes --- */

static void flush_trades(sim *s, uint32_t market) {
  kraken_state *state = kraken_of(s);
  uint32_t count = (uint32_t)state->traded[market];
  if (is_wanted(s, market, ON_TRADES)) send_all(s, trades_message(s, market, "update", count), market, ON_TRADES);
  if (is_wanted(s, market, ON_TICKER))
    send_all(s, channel_message("ticker", "update", ticker_row(s, market)), market, ON_TICKER);
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const kraken_connection *connection = sim_connection_state(c);
    for (int32_t i = 0; !connection->futures && i < KRAKEN_INTERVALS; i++)
      if ((connection->intervals[market] >> i & 1) != 0) kraken_send(s, c, candles_message(s, market, i, "update", 1));
  }
}

static void flush_best(sim *s, uint32_t market) {
  sim_level *known = kraken_of(s)->best[market], now[2] = {{0, 0}, {0, 0}};
  for (int32_t side = 0; side < 2; side++) (void)sim_read_side(s, market, side, &now[side], 1);
  if (memcmp(known, now, sizeof now) == 0) return;
  memcpy(known, now, sizeof now);
  if (is_wanted(s, market, ON_BBO))
    send_all(s, channel_message("ticker", "update", ticker_row(s, market)), market, ON_BBO);
}

void kraken_flush(sim *s) {
  kraken_state *state = kraken_of(s);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    int32_t spot = !kraken_is_futures(m), moved = state->moved[m], traded = state->traded[m];
    state->moved[m] = 0;
    if (spot && moved) {
      for (uint32_t d = 0; d < KRAKEN_DEPTHS; d++)
        if (state->books[m][d].active) flush_book(s, m, d);
      flush_best(s, m);
    }
    if (spot && traded) flush_trades(s, m);
    state->traded[m] = 0;
  }
}

static int32_t has_subscription(const kraken_connection *state) {
  int32_t any = state->private_on != 0;
  for (uint32_t m = 0; m < KRAKEN_SPOT_MARKETS; m++) any |= state->on[m] | state->depths[m] | state->intervals[m];
  return any;
}

/* Once a second, to whom nothing else was sent. */
void kraken_beat(sim *s) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    kraken_connection *state = sim_connection_state(c);
    if (state->futures || !has_subscription(state) || sim_now_ns(s) - state->sent_ns < KRAKEN_SECOND) continue;
    state->sent_ns = sim_now_ns(s);
    sim_send_text(c, "{\"channel\":\"heartbeat\"}");
  }
}
