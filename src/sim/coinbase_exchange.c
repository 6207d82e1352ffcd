/* sim/coinbase_exchange.c - Coinbase Exchange, as far as it is public: products, books, trades, candles, and its feed.
 * Followed: docs.cdp.coinbase.com "Exchange API" and "Exchange WebSocket". Only spot products are there. */
#include "coinbase.h"

#define SPOT COINBASE_SPOT_MARKETS

static int32_t fail(coinbase_call *call, int32_t status, const char *message) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "message", message);
  sim_reply_status(call->reply, status);
  coinbase_answer(call, json);
  call->failed = 1;
  return -1;
}

static int32_t product(coinbase_call *call) {
  int32_t market = coinbase_market_of(call->parts[0]);
  return market >= 0 && market < SPOT ? market : fail(call, 404, "NotFound");
}

static const char *fixed_price(sim *s, uint32_t market, int64_t price) {
  int32_t scale = coinbase_market(s, market)->price_scale;
  return sim_units_text(price, scale, scale);
}

static const char *fixed_amount(sim *s, uint32_t market, int64_t amount) {
  return sim_units_text(amount, coinbase_market(s, market)->amount_scale, 8);
}

static uint64_t sequence_of(sim *s, uint32_t market) { return coinbase_market(s, market)->update_id; }

/* --- REST --- */

static void run_time(coinbase_call *call) {
  char text[SIM_TIME_SIZE];
  cJSON *json = cJSON_CreateObject();
  int64_t now_ns = sim_clock_ns(call->s);
  cJSON_AddStringToObject(json, "iso", sim_iso(text, now_ns, 3));
  cJSON_AddRawToObject(json, "epoch", sim_units_text(now_ns / 1000000, 3, 3));
  coinbase_answer(call, json);
}

static cJSON *product_json(sim *s, uint32_t market) {
  static const char *const flags[] = {"post_only",    "limit_only",    "cancel_only",   "trading_disabled",
                                      "auction_mode", "fx_stablecoin", "margin_enabled"};
  const paper_market *m = coinbase_market(s, market);
  const sim_market_row *row = &coinbase_rows[market];
  char name[24];
  cJSON *json = cJSON_CreateObject();
  (void)snprintf(name, sizeof name, "%.8s/%.8s", row->base, row->quote);
  cJSON_AddStringToObject(json, "id", row->id);
  cJSON_AddStringToObject(json, "base_currency", row->base);
  cJSON_AddStringToObject(json, "quote_currency", row->quote);
  cJSON_AddStringToObject(json, "quote_increment", coinbase_price(s, market, m->tick));
  cJSON_AddStringToObject(json, "base_increment", coinbase_amount(s, market, m->step));
  cJSON_AddStringToObject(json, "display_name", name);
  cJSON_AddStringToObject(json, "min_market_funds", sim_money_text(m->cost_min, -1));
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) cJSON_AddFalseToObject(json, flags[i]);
  cJSON_AddStringToObject(json, "status", sim_fault(s, "maintenance", "spot") ? "offline" : "online");
  cJSON_AddStringToObject(json, "status_message", "");
  return json;
}

static void run_products(coinbase_call *call) {
  cJSON *list = cJSON_CreateArray();
  for (uint32_t m = 0; m < SPOT; m++) cJSON_AddItemToArray(list, product_json(call->s, m));
  coinbase_answer(call, list);
}

static void run_product(coinbase_call *call) {
  int32_t market = product(call);
  if (market >= 0) coinbase_answer(call, product_json(call->s, (uint32_t)market));
}

static void run_currencies(coinbase_call *call) {
  static const char *const codes[] = {"BTC", "ETH", "SOL", "XRP", "DOGE", "USD"};
  cJSON *list = cJSON_CreateArray();
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "id", codes[i]);
    cJSON_AddStringToObject(row, "name", codes[i]);
    cJSON_AddStringToObject(row, "min_size", i == 5 ? "0.01" : "0.00000001");
    cJSON_AddStringToObject(row, "status", "online");
    cJSON_AddStringToObject(row, "message", "");
    cJSON_AddStringToObject(row, "max_precision", i == 5 ? "0.01" : "0.00000001");
    cJSON_AddArrayToObject(row, "convertible_to");
    cJSON_AddArrayToObject(row, "supported_networks");
    cJSON_AddItemToArray(list, row);
  }
  coinbase_answer(call, list);
}

static const paper_trade *newest_trade(sim *s, uint32_t market) {
  uint32_t count = sim_trade_count(s, market);
  return count == 0 ? NULL : sim_trade_at(s, market, count - 1);
}

static const char *day_volume(sim *s, uint32_t market, const paper_bar *day) {
  return fixed_amount(s, market, (int64_t)(day->volume / coinbase_market(s, market)->unit_amount));
}

static void run_ticker(coinbase_call *call) {
  sim *s = call->s;
  int32_t index = product(call);
  if (index < 0) return;
  uint32_t market = (uint32_t)index;
  const paper_market *m = coinbase_market(s, market);
  const paper_trade *trade = newest_trade(s, market);
  paper_bar day = bourse__feed_day(sim_feed(s), market);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "ask", fixed_price(s, market, bourse__paper_best(m, BOURSE_SIDE_SELL)));
  cJSON_AddStringToObject(json, "bid", fixed_price(s, market, bourse__paper_best(m, BOURSE_SIDE_BUY)));
  cJSON_AddStringToObject(json, "volume", day_volume(s, market, &day));
  if (trade != NULL) {
    sim_json_add_integer(json, "trade_id", (int64_t)trade->id);
    cJSON_AddStringToObject(json, "price", fixed_price(s, market, trade->price));
    cJSON_AddStringToObject(json, "size", fixed_amount(s, market, trade->amount));
    coinbase_add_time(s, json, "time", trade->time_ns);
  }
  coinbase_answer(call, json);
}

static void run_stats(coinbase_call *call) {
  sim *s = call->s;
  int32_t index = product(call);
  if (index < 0) return;
  uint32_t market = (uint32_t)index;
  paper_bar day = bourse__feed_day(sim_feed(s), market);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "open", fixed_price(s, market, day.open));
  cJSON_AddStringToObject(json, "high", fixed_price(s, market, day.high));
  cJSON_AddStringToObject(json, "low", fixed_price(s, market, day.low));
  cJSON_AddStringToObject(json, "last", fixed_price(s, market, coinbase_market(s, market)->last));
  cJSON_AddStringToObject(json, "volume", day_volume(s, market, &day));
  cJSON_AddStringToObject(json, "volume_30day", day_volume(s, market, &day));
  coinbase_answer(call, json);
}

#define LEVELS_MAX 1000

/* Level 3 has orders by themselves: here each level is told as one. */
static void add_side(sim *s, cJSON *json, uint32_t market, int32_t side, uint32_t depth, int32_t level3) {
  static sim_level levels[LEVELS_MAX];
  cJSON *list = cJSON_AddArrayToObject(json, side == 0 ? "bids" : "asks");
  uint32_t count = sim_read_side(s, market, side, levels, depth);
  char id[SIM_UUID_SIZE];
  for (uint32_t i = 0; i < count; i++) {
    cJSON *row = cJSON_CreateArray();
    cJSON_AddItemToArray(row, cJSON_CreateString(fixed_price(s, market, levels[i].price)));
    cJSON_AddItemToArray(row, cJSON_CreateString(fixed_amount(s, market, levels[i].amount)));
    if (level3)
      cJSON_AddItemToArray(row, cJSON_CreateString(sim_uuid(id, (uint64_t)levels[i].price << 1 | (uint64_t)side)));
    else
      cJSON_AddItemToArray(row, cJSON_CreateRaw("1"));
    cJSON_AddItemToArray(list, row);
  }
}

static void run_book(coinbase_call *call) {
  int32_t index = product(call);
  int64_t level = coinbase_whole(call, "level", 1);
  if (index < 0) return;
  if (level < 1 || level > 3) {
    (void)fail(call, 400, "Invalid level");
    return;
  }
  uint32_t market = (uint32_t)index;
  cJSON *json = cJSON_CreateObject();
  for (int32_t side = 0; side < 2; side++)
    add_side(call->s, json, market, side, level == 1 ? 1 : LEVELS_MAX, level == 3);
  sim_json_add_integer(json, "sequence", (int64_t)sequence_of(call->s, market));
  cJSON_AddFalseToObject(json, "auction_mode");
  cJSON_AddNullToObject(json, "auction");
  coinbase_add_time(call->s, json, "time", sim_now_ns(call->s));
  coinbase_answer(call, json);
}

/* Newest first, older than `after`, newer than `before`; the headers have both ends. The side is the maker's. */
static void run_trades(coinbase_call *call) {
  sim *s = call->s;
  int32_t index = product(call);
  int64_t limit = coinbase_whole(call, "limit", 1000), after = coinbase_whole(call, "after", INT64_MAX),
          before = coinbase_whole(call, "before", -1), first = 0, last = 0, count = 0;
  if (index < 0) return;
  uint32_t market = (uint32_t)index;
  if (limit <= 0 || limit > 1000) limit = 1000;
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = sim_trade_count(s, market); i-- > 0 && count < limit;) {
    const paper_trade *trade = sim_trade_at(s, market, i);
    if ((int64_t)trade->id >= after || (int64_t)trade->id <= before) continue;
    cJSON *row = cJSON_CreateObject();
    sim_json_add_integer(row, "trade_id", (int64_t)trade->id);
    cJSON_AddStringToObject(row, "side", trade->side == BOURSE_SIDE_BUY ? "sell" : "buy");
    cJSON_AddStringToObject(row, "size", fixed_amount(s, market, trade->amount));
    cJSON_AddStringToObject(row, "price", fixed_price(s, market, trade->price));
    coinbase_add_time(s, row, "time", trade->time_ns);
    cJSON_AddItemToArray(list, row);
    if (count++ == 0) first = (int64_t)trade->id;
    last = (int64_t)trade->id;
  }
  if (count > 0) {
    sim_reply_header(call->reply, "CB-BEFORE", "%lld", (long long)first);
    sim_reply_header(call->reply, "CB-AFTER", "%lld", (long long)last);
  }
  coinbase_answer(call, list);
}

static int64_t read_time(const char *text) {
  int64_t iso_ns = text == NULL ? -1 : sim_iso_read(text);
  return text == NULL ? -1 : iso_ns >= 0 ? iso_ns / COINBASE_SECOND : strtoll(text, NULL, 10);
}

static void run_candles(coinbase_call *call) {
  static const int32_t lengths[] = {60, 300, 900, 3600, 21600, 86400};
  sim *s = call->s;
  int32_t index = product(call), known = 0;
  int64_t length = coinbase_whole(call, "granularity", 60), start = read_time(coinbase_query(call, "start")),
          end = read_time(coinbase_query(call, "end"));
  if (index < 0) return;
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) known |= lengths[i] == length;
  int64_t now = sim_now_ns(s) / COINBASE_SECOND;
  if (end < 0 || end > now) end = now;
  if (start < 0) start = end - 299 * length;
  if (!known || (end - start) / length > 300) {
    (void)fail(call, 400,
               !known
                   ? "Unsupported granularity"
                   : "granularity too small for the requested time range. Count of aggregations requested exceeds 300");
    return;
  }
  uint32_t market = (uint32_t)index;
  sim_interval interval = {"", length * COINBASE_SECOND};
  cJSON *list = cJSON_CreateArray();
  for (int64_t open = end / length * length; open >= start; open -= length) {
    if (open * COINBASE_SECOND < bourse__feed_begin(sim_feed(s))) break;
    paper_bar bar = sim_bar(s, market, BOURSE_PRICE_LAST, &interval, open * COINBASE_SECOND);
    if (bar.count == 0) continue;
    const int64_t prices[] = {bar.low, bar.high, bar.open, bar.close};
    cJSON *row = cJSON_CreateArray();
    cJSON_AddItemToArray(row, cJSON_CreateRaw(sim_units_text(open, 0, 0)));
    for (size_t i = 0; i < 4; i++) cJSON_AddItemToArray(row, cJSON_CreateRaw(coinbase_price(s, market, prices[i])));
    cJSON_AddItemToArray(row, cJSON_CreateRaw(coinbase_amount(
                                  s, market, (int64_t)(bar.volume / coinbase_market(s, market)->unit_amount))));
    cJSON_AddItemToArray(list, row);
  }
  coinbase_answer(call, list);
}

const coinbase_row coinbase_exchange_rows[] = {
    {"GET", "/time", COINBASE_PUBLIC, run_time},
    {"GET", "/currencies", COINBASE_PUBLIC, run_currencies},
    {"GET", "/products", COINBASE_PUBLIC, run_products},
    {"GET", "/products/*", COINBASE_PUBLIC, run_product},
    {"GET", "/products/*/ticker", COINBASE_PUBLIC, run_ticker},
    {"GET", "/products/*/stats", COINBASE_PUBLIC, run_stats},
    {"GET", "/products/*/book", COINBASE_PUBLIC, run_book},
    {"GET", "/products/*/trades", COINBASE_PUBLIC, run_trades},
    {"GET", "/products/*/candles", COINBASE_PUBLIC, run_candles},
    {NULL, NULL, 0, NULL},
};

/* --- The feed --- */

static const struct {
  const char *name;
  uint32_t bit;
  int32_t wants_key;
} feeds[] = {
    {"heartbeat", FEED_HEARTBEAT, 0},
    {"status", FEED_STATUS, 0},
    {"ticker", FEED_TICKER, 0},
    {"matches", FEED_MATCHES, 0},
    {"level2_batch", FEED_LEVEL2, 0},
    {"ticker_batch", FEED_TICKER_BATCH, 0},
    {"level2", 0, 1},
    {"full", 0, 1},
    {"level3", 0, 1},
    {"user", 0, 1},
    {"balance", 0, 1},
};
#define FEEDS (sizeof feeds / sizeof feeds[0])

static void send(sim *s, sim_connection *c, cJSON *message, const char *channel) {
  ((coinbase_socket *)sim_connection_state(c))->sent_ns = sim_now_ns(s);
  if (sim_fault(s, "stream_gap", channel))
    cJSON_Delete(message);
  else
    sim_send_json(c, message);
}

static cJSON *message_of(sim *s, const char *type, uint32_t market) {
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "type", type);
  cJSON_AddStringToObject(message, "product_id", coinbase_rows[market].id);
  coinbase_add_time(s, message, "time", sim_now_ns(s));
  return message;
}

static cJSON *snapshot_message(sim *s, uint32_t market) {
  static sim_level levels[LEVELS_MAX];
  cJSON *message = message_of(s, "snapshot", market);
  for (int32_t side = 0; side < 2; side++) {
    cJSON *list = cJSON_AddArrayToObject(message, side == 0 ? "bids" : "asks");
    uint32_t count = sim_read_side(s, market, side, levels, LEVELS_MAX);
    for (uint32_t i = 0; i < count; i++) {
      const char *both[2] = {fixed_price(s, market, levels[i].price), fixed_amount(s, market, levels[i].amount)};
      cJSON_AddItemToArray(list, cJSON_CreateStringArray(both, 2));
    }
  }
  return message;
}

static cJSON *update_message(sim *s, uint32_t market) {
  const coinbase_book *book = &coinbase_of(s)->books[market];
  cJSON *message = message_of(s, "l2update", market), *list = cJSON_AddArrayToObject(message, "changes");
  for (int32_t side = 0; side < 2; side++)
    for (uint32_t i = 0; i < book->count[side]; i++) {
      int64_t price = book->prices[side][i];
      int64_t amount = sim_visible(coinbase_market(s, market), side == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL, price);
      const char *three[3] = {side == 0 ? "buy" : "sell", fixed_price(s, market, price),
                              fixed_amount(s, market, amount)};
      cJSON_AddItemToArray(list, cJSON_CreateStringArray(three, 3));
    }
  return message;
}

static cJSON *match_message(sim *s, const paper_trade *trade, const char *type) {
  char id[SIM_UUID_SIZE];
  cJSON *message = message_of(s, type, trade->market);
  sim_json_add_integer(message, "trade_id", (int64_t)trade->id);
  cJSON_AddStringToObject(message, "maker_order_id", sim_uuid(id, trade->id * 2));
  cJSON_AddStringToObject(message, "taker_order_id", sim_uuid(id, trade->id * 2 + 1));
  cJSON_AddStringToObject(message, "side", trade->side == BOURSE_SIDE_BUY ? "sell" : "buy");
  cJSON_AddStringToObject(message, "size", fixed_amount(s, trade->market, trade->amount));
  cJSON_AddStringToObject(message, "price", fixed_price(s, trade->market, trade->price));
  sim_json_add_integer(message, "sequence", (int64_t)sequence_of(s, trade->market));
  cJSON_DeleteItemFromObjectCaseSensitive(message, "time");
  coinbase_add_time(s, message, "time", trade->time_ns);
  return message;
}

static cJSON *ticker_message(sim *s, uint32_t market) {
  const paper_trade *trade = newest_trade(s, market);
  paper_bar day = bourse__feed_day(sim_feed(s), market);
  sim_level bid = {0, 0}, ask = {0, 0};
  (void)sim_read_side(s, market, 0, &bid, 1);
  (void)sim_read_side(s, market, 1, &ask, 1);
  cJSON *message = message_of(s, "ticker", market);
  sim_json_add_integer(message, "sequence", (int64_t)sequence_of(s, market));
  cJSON_AddStringToObject(message, "price", fixed_price(s, market, coinbase_market(s, market)->last));
  cJSON_AddStringToObject(message, "open_24h", fixed_price(s, market, day.open));
  cJSON_AddStringToObject(message, "volume_24h", day_volume(s, market, &day));
  cJSON_AddStringToObject(message, "low_24h", fixed_price(s, market, day.low));
  cJSON_AddStringToObject(message, "high_24h", fixed_price(s, market, day.high));
  cJSON_AddStringToObject(message, "volume_30d", day_volume(s, market, &day));
  cJSON_AddStringToObject(message, "best_bid", fixed_price(s, market, bid.price));
  cJSON_AddStringToObject(message, "best_bid_size", fixed_amount(s, market, bid.amount));
  cJSON_AddStringToObject(message, "best_ask", fixed_price(s, market, ask.price));
  cJSON_AddStringToObject(message, "best_ask_size", fixed_amount(s, market, ask.amount));
  if (trade != NULL) {
    cJSON_AddStringToObject(message, "side", trade->side == BOURSE_SIDE_BUY ? "buy" : "sell");
    sim_json_add_integer(message, "trade_id", (int64_t)trade->id);
    cJSON_AddStringToObject(message, "last_size", fixed_amount(s, market, trade->amount));
  }
  return message;
}

static void send_status(sim *s, sim_connection *c) {
  cJSON *message = cJSON_CreateObject(), *list;
  cJSON_AddStringToObject(message, "type", "status");
  list = cJSON_AddArrayToObject(message, "products");
  for (uint32_t m = 0; m < SPOT; m++) cJSON_AddItemToArray(list, product_json(s, m));
  cJSON_AddArrayToObject(message, "currencies");
  send(s, c, message, "status");
}

static void send_failure(sim_connection *c, const char *reason) {
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "type", "error");
  cJSON_AddStringToObject(message, "message", "Failed to subscribe");
  cJSON_AddStringToObject(message, "reason", reason);
  sim_send_json(c, message);
}

static void acknowledge(sim *s, sim_connection *c) {
  const coinbase_socket *socket = sim_connection_state(c);
  cJSON *message = cJSON_CreateObject(), *list;
  cJSON_AddStringToObject(message, "type", "subscriptions");
  list = cJSON_AddArrayToObject(message, "channels");
  for (size_t i = 0; i < FEEDS; i++) {
    cJSON *row = cJSON_CreateObject(), *ids;
    cJSON_AddStringToObject(row, "name", feeds[i].name);
    ids = cJSON_AddArrayToObject(row, "product_ids");
    for (uint32_t m = 0; m < SPOT; m++)
      if ((socket->feed[m] & feeds[i].bit) != 0) cJSON_AddItemToArray(ids, cJSON_CreateString(coinbase_rows[m].id));
    if (ids->child != NULL)
      cJSON_AddItemToArray(list, row);
    else
      cJSON_Delete(row);
  }
  send(s, c, message, "subscriptions");
}

static uint32_t markets_of(const cJSON *ids, int32_t *bad) {
  const cJSON *id;
  uint32_t mask = 0;
  cJSON_ArrayForEach(id, ids) {
    int32_t market = coinbase_market_of(sim_json_item_text(id));
    if (market < 0 || market >= SPOT)
      *bad = 1;
    else
      mask |= 1u << market;
  }
  return mask;
}

/* What is sent at once, when the acknowledgement is out. */
static void begin(sim *s, sim_connection *c, uint32_t bit, uint32_t market) {
  if (bit == FEED_LEVEL2) send(s, c, snapshot_message(s, market), "level2_batch");
  if (bit == FEED_MATCHES && newest_trade(s, market) != NULL)
    send(s, c, match_message(s, newest_trade(s, market), "last_match"), "matches");
  if (bit == FEED_TICKER) send(s, c, ticker_message(s, market), "ticker");
}

/* "matches", or {"name": "matches", "product_ids": [...]}. NULL: done. */
static const char *turn(coinbase_socket *socket, const cJSON *channel, uint32_t usual, int32_t on,
                        uint32_t fresh[SPOT]) {
  const char *name = cJSON_IsObject(channel) ? sim_json_text(channel, "name") : sim_json_item_text(channel);
  const cJSON *ids = cJSON_IsObject(channel) ? cJSON_GetObjectItemCaseSensitive(channel, "product_ids") : NULL;
  int32_t bad = 0;
  uint32_t markets = ids == NULL ? usual : markets_of(ids, &bad);
  size_t i = 0;
  while (i < FEEDS && (name == NULL || strcmp(feeds[i].name, name) != 0)) i++;
  if (i == FEEDS) return "channel is not a valid channel";
  if (feeds[i].wants_key) return "authentication is required for this channel";
  if (bad || (markets == 0 && feeds[i].bit != FEED_STATUS)) return "product_ids is not a valid product";
  if (feeds[i].bit == FEED_STATUS) markets = 1; /* of all there is one message */
  for (uint32_t m = 0; m < SPOT; m++) {
    if ((markets >> m & 1) == 0) continue;
    if (on && (socket->feed[m] & feeds[i].bit) == 0) fresh[m] |= feeds[i].bit;
    socket->feed[m] = on ? socket->feed[m] | feeds[i].bit : socket->feed[m] & ~feeds[i].bit;
  }
  return NULL;
}

void coinbase_feed_message(sim *s, sim_connection *connection, const cJSON *message) {
  coinbase_socket *socket = sim_connection_state(connection);
  const cJSON *channels = cJSON_GetObjectItemCaseSensitive(message, "channels"), *channel;
  const char *type = sim_json_text(message, "type"), *why = NULL;
  int32_t on = type != NULL && strcmp(type, "subscribe") == 0, bad = 0;
  uint32_t usual = markets_of(cJSON_GetObjectItemCaseSensitive(message, "product_ids"), &bad), fresh[SPOT] = {0};
  coinbase_flush(s);
  if (bad || !cJSON_IsArray(channels)) why = "product_ids is not a valid product";
  cJSON_ArrayForEach(channel, channels) if (why == NULL) why = turn(socket, channel, usual, on, fresh);
  if (why != NULL) {
    send_failure(connection, why);
    return;
  }
  socket->subscribed |= on;
  acknowledge(s, connection);
  for (uint32_t m = 0; m < SPOT; m++)
    for (uint32_t bit = 1; bit <= FEED_LEVEL2; bit <<= 1)
      if ((fresh[m] & bit) != 0) begin(s, connection, bit, m);
  if ((fresh[0] & FEED_STATUS) != 0) send_status(s, connection);
}

void coinbase_feed_flush(sim *s, uint32_t market) {
  const coinbase_book *book = &coinbase_of(s)->books[market];
  uint32_t there = sim_trade_count(s, market);
  if (market >= SPOT) return;
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    uint32_t on = ((coinbase_socket *)sim_connection_state(c))->feed[market];
    for (uint32_t i = there - (book->fresh < there ? book->fresh : there); i < there && (on & FEED_MATCHES) != 0; i++)
      send(s, c, match_message(s, sim_trade_at(s, market, i), "match"), "matches");
    if (book->fresh > 0 && (on & FEED_TICKER) != 0) send(s, c, ticker_message(s, market), "ticker");
    if (book->count[0] + book->count[1] > 0 && (on & FEED_LEVEL2) != 0)
      send(s, c, update_message(s, market), "level2_batch");
  }
}

void coinbase_feed_tick(sim *s, int64_t second) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const coinbase_socket *socket = sim_connection_state(c);
    if ((socket->feed[0] & FEED_STATUS) != 0 && second % 5 == 0) send_status(s, c);
    for (uint32_t m = 0; m < SPOT; m++) {
      if ((socket->feed[m] & FEED_HEARTBEAT) != 0) {
        const paper_trade *trade = newest_trade(s, m);
        cJSON *message = message_of(s, "heartbeat", m);
        sim_json_add_integer(message, "sequence", (int64_t)sequence_of(s, m));
        sim_json_add_integer(message, "last_trade_id", trade == NULL ? 0 : (int64_t)trade->id);
        send(s, c, message, "heartbeat");
      }
      if ((socket->feed[m] & FEED_TICKER_BATCH) != 0 && second % 5 == 0)
        send(s, c, ticker_message(s, m), "ticker_batch");
    }
  }
}
