/* sim/coinbase_stream.c - WebSocket of Advanced Trade: connections, subscriptions, public channels. Followed:
 * docs.cdp.coinbase.com "Advanced Trade WebSocket". One address serves market and user data, as each of the two hosts does
 * for the other; a client whose first message names "channels" speaks with the feed of Coinbase Exchange instead. */
#include "coinbase.h"

#define CONNECTS_MAX 8 /* a second, by address */
#define MESSAGES_MAX 8 /* the same, without a token */
#define SILENT_NS    (5 * COINBASE_SECOND)
#define DEAD_NS      (90 * COINBASE_SECOND)
#define PAST_TRADES  50
#define QUARTER_NS   (COINBASE_SECOND / 4)

static const struct {
  const char *name, *frame;
  uint32_t bit;
  int32_t by_market, wants_token;
} channels[] = {
    {"heartbeats", "heartbeats", ON_HEARTBEATS, 0, 0},
    {"status", "status", ON_STATUS, 1, 0},
    {"ticker", "ticker", ON_TICKER, 1, 0},
    {"ticker_batch", "ticker_batch", ON_TICKER_BATCH, 1, 0},
    {"level2", "l2_data", ON_LEVEL2, 1, 0},
    {"market_trades", "market_trades", ON_TRADES, 1, 0},
    {"candles", "candles", ON_CANDLES, 1, 0},
    {"user", "user", ON_USER, 1, 1},
    {"futures_balance_summary", "futures_balance_summary", ON_FUTURES, 0, 1},
};
#define CHANNELS (sizeof channels / sizeof channels[0])

static const sim_interval five_minutes = {"FIVE_MINUTE", 5 * COINBASE_MINUTE};

/* --- Sending --- */

void coinbase_push(sim *s, sim_connection *connection, const char *channel, cJSON *events) {
  coinbase_socket *socket = sim_connection_state(connection);
  char time[SIM_TIME_SIZE];
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "channel", channel);
  cJSON_AddStringToObject(message, "client_id", "");
  cJSON_AddStringToObject(message, "timestamp", sim_iso(time, sim_clock_ns(s), 9));
  sim_json_add_integer(message, "sequence_num", (int64_t)socket->sequence++);
  cJSON_AddItemToObject(message, "events", events);
  socket->sent_ns = sim_now_ns(s);
  if (sim_fault(s, "stream_gap", channel))
    cJSON_Delete(message);
  else
    sim_send_json(connection, message);
}

cJSON *coinbase_events(const char *type, cJSON **event) {
  cJSON *events = cJSON_CreateArray();
  *event = cJSON_CreateObject();
  if (type != NULL) cJSON_AddStringToObject(*event, "type", type);
  cJSON_AddItemToArray(events, *event);
  return events;
}

static void send_error(sim_connection *connection, const char *text) {
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "type", "error");
  cJSON_AddStringToObject(message, "message", text);
  sim_send_json(connection, message);
}

/* To all that have this channel of this market; takes the events. */
static void push_all(sim *s, uint32_t market, uint32_t bit, const char *channel, cJSON *events) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const coinbase_socket *socket = sim_connection_state(c);
    if ((socket->on[market] & bit) != 0) coinbase_push(s, c, channel, cJSON_Duplicate(events, 1));
  }
  cJSON_Delete(events);
}

static int32_t is_wanted(sim *s, uint32_t market, uint32_t bit) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c))
    if ((((coinbase_socket *)sim_connection_state(c))->on[market] & bit) != 0) return 1;
  return 0;
}

/* --- What is told --- */

static void add_best(sim *s, cJSON *row, uint32_t market, int32_t side, const char *price, const char *amount) {
  sim_level best = {0, 0};
  (void)sim_read_side(s, market, side, &best, 1);
  cJSON_AddStringToObject(row, price, coinbase_price(s, market, best.price));
  cJSON_AddStringToObject(row, amount, coinbase_amount(s, market, best.amount));
}

static cJSON *ticker_events(sim *s, uint32_t market, const char *type, int32_t batch) {
  const paper_market *m = coinbase_market(s, market);
  paper_bar day = bourse__feed_day(sim_feed(s), market);
  cJSON *event, *events = coinbase_events(type, &event), *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "type", "ticker");
  cJSON_AddStringToObject(row, "product_id", coinbase_rows[market].id);
  cJSON_AddStringToObject(row, "price", coinbase_price(s, market, m->last));
  cJSON_AddStringToObject(row, "volume_24_h", coinbase_amount(s, market, (int64_t)(day.volume / m->unit_amount)));
  cJSON_AddStringToObject(row, "low_24_h", coinbase_price(s, market, day.low));
  cJSON_AddStringToObject(row, "high_24_h", coinbase_price(s, market, day.high));
  cJSON_AddStringToObject(row, "low_52_w", coinbase_price(s, market, day.low));
  cJSON_AddStringToObject(row, "high_52_w", coinbase_price(s, market, day.high));
  cJSON_AddStringToObject(row, "price_percent_chg_24_h", coinbase_percent_change(m->last, day.open));
  if (!batch) {
    add_best(s, row, market, 0, "best_bid", "best_bid_quantity");
    add_best(s, row, market, 1, "best_ask", "best_ask_quantity");
  }
  cJSON_AddItemToArray(cJSON_AddArrayToObject(event, "tickers"), row);
  return events;
}

/* Newest first. */
static cJSON *trades_events(sim *s, uint32_t market, const char *type, uint32_t count) {
  cJSON *event, *events = coinbase_events(type, &event), *list = cJSON_AddArrayToObject(event, "trades");
  uint32_t there = sim_trade_count(s, market);
  for (uint32_t i = there; i-- > 0 && there - i <= count;)
    cJSON_AddItemToArray(list, coinbase_trade_json(s, sim_trade_at(s, market, i)));
  return events;
}

static void add_level(sim *s, cJSON *list, uint32_t market, int32_t side, int64_t price, int64_t amount) {
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "side", side == 0 ? "bid" : "offer");
  coinbase_add_time(s, row, "event_time", sim_now_ns(s));
  cJSON_AddStringToObject(row, "price_level", coinbase_price(s, market, price));
  cJSON_AddStringToObject(row, "new_quantity", coinbase_amount(s, market, amount));
  cJSON_AddItemToArray(list, row);
}

static cJSON *book_events(uint32_t market, const char *type, cJSON **list) {
  cJSON *event, *events = coinbase_events(type, &event);
  cJSON_AddStringToObject(event, "product_id", coinbase_rows[market].id);
  *list = cJSON_AddArrayToObject(event, "updates");
  return events;
}

/* All of it. */
static cJSON *book_snapshot(sim *s, uint32_t market) {
  cJSON *list, *events = book_events(market, "snapshot", &list);
  for (int32_t side = 0; side < 2; side++) {
    const paper_side *levels = &coinbase_market(s, market)->sides[side];
    for (uint32_t i = levels->count; i-- > 0;)
      if (levels->levels[i].visible > 0)
        add_level(s, list, market, side, levels->levels[i].price, levels->levels[i].visible);
  }
  return events;
}

static cJSON *candle_events(sim *s, uint32_t market, const char *type, int32_t count) {
  cJSON *event, *events = coinbase_events(type, &event), *list = cJSON_AddArrayToObject(event, "candles");
  int64_t length_ns = five_minutes.ns, open_ns = sim_now_ns(s) / length_ns * length_ns;
  for (int32_t i = 0; i < count; i++) {
    cJSON *row = coinbase_candle_json(s, market, &five_minutes, open_ns - i * length_ns);
    if (row == NULL) continue;
    cJSON_AddStringToObject(row, "product_id", coinbase_rows[market].id);
    cJSON_AddItemToArray(list, row);
  }
  return events;
}

static cJSON *status_events(sim *s, const coinbase_socket *socket) {
  cJSON *event, *events = coinbase_events("snapshot", &event), *list = cJSON_AddArrayToObject(event, "products");
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    const sim_market_row *market = &coinbase_rows[m];
    char name[24];
    if ((socket->on[m] & ON_STATUS) == 0) continue;
    (void)snprintf(name, sizeof name, "%.8s/%.8s", market->base, market->quote);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "product_type", coinbase_is_future(m) ? "FUTURE" : "SPOT");
    cJSON_AddStringToObject(row, "id", market->id);
    cJSON_AddStringToObject(row, "base_currency", market->base);
    cJSON_AddStringToObject(row, "quote_currency", market->quote);
    cJSON_AddStringToObject(row, "base_increment", coinbase_amount(s, m, coinbase_market(s, m)->step));
    cJSON_AddStringToObject(row, "quote_increment", coinbase_price(s, m, coinbase_market(s, m)->tick));
    cJSON_AddStringToObject(row, "display_name", name);
    cJSON_AddStringToObject(row, "status", sim_fault(s, "maintenance", "status") ? "offline" : "online");
    cJSON_AddStringToObject(row, "status_message", "");
    sim_json_add_decimal(row, "min_market_funds", &market->cost_min);
    cJSON_AddItemToArray(list, row);
  }
  return events;
}

static void send_snapshot(sim *s, sim_connection *c, uint32_t market, uint32_t bit) {
  switch (bit) {
    case ON_TICKER: coinbase_push(s, c, "ticker", ticker_events(s, market, "snapshot", 0)); break;
    case ON_TICKER_BATCH: coinbase_push(s, c, "ticker_batch", ticker_events(s, market, "snapshot", 1)); break;
    case ON_LEVEL2: coinbase_push(s, c, "l2_data", book_snapshot(s, market)); break;
    case ON_TRADES: coinbase_push(s, c, "market_trades", trades_events(s, market, "snapshot", PAST_TRADES)); break;
    case ON_CANDLES: coinbase_push(s, c, "candles", candle_events(s, market, "snapshot", 100)); break;
    default: break;
  }
}

/* --- Subscriptions --- */

/* All that the connection has, as each acknowledgement tells it. */
static void acknowledge(sim *s, sim_connection *connection) {
  const coinbase_socket *socket = sim_connection_state(connection);
  char id[SIM_UUID_SIZE];
  cJSON *event, *events = coinbase_events(NULL, &event), *all = cJSON_AddObjectToObject(event, "subscriptions");
  for (size_t i = 0; i < CHANNELS; i++) {
    cJSON *list = cJSON_CreateArray();
    for (uint32_t m = 0; m < PAPER_MARKETS; m++)
      if ((socket->on[m] & channels[i].bit) != 0) cJSON_AddItemToArray(list, cJSON_CreateString(coinbase_rows[m].id));
    if ((socket->everywhere & channels[i].bit) != 0)
      cJSON_AddItemToArray(list, cJSON_CreateString(channels[i].wants_token && socket->account != NULL
                                                        ? sim_uuid(id, 1 + socket->account->account)
                                                        : channels[i].name));
    if (list->child != NULL)
      cJSON_AddItemToObject(all, channels[i].name, list);
    else
      cJSON_Delete(list);
  }
  coinbase_push(s, connection, "subscriptions", events);
}

/* The markets that are named, as a mask; 0 and *bad: one is none. */
static uint32_t named_markets(const cJSON *message, int32_t *bad) {
  const cJSON *ids = cJSON_GetObjectItemCaseSensitive(message, "product_ids"), *id;
  uint32_t mask = 0;
  *bad = 0;
  cJSON_ArrayForEach(id, ids) {
    int32_t market = coinbase_market_of(sim_json_item_text(id));
    if (market < 0)
      *bad = 1;
    else
      mask |= 1u << market;
  }
  return mask;
}

static void turn_on(sim *s, sim_connection *connection, size_t channel, uint32_t markets) {
  coinbase_socket *socket = sim_connection_state(connection);
  uint32_t bit = channels[channel].bit;
  if (markets == 0) socket->everywhere |= bit;
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    if ((markets >> m & 1) == 0) continue;
    socket->on[m] |= bit;
    send_snapshot(s, connection, m, bit);
  }
  if (bit == ON_STATUS) coinbase_push(s, connection, "status", status_events(s, socket));
  if (bit == ON_USER) coinbase_user_snapshot(s, connection);
  if (bit == ON_FUTURES) coinbase_futures_push(s, connection, "snapshot");
}

static void turn_off(coinbase_socket *socket, uint32_t bit, uint32_t markets) {
  if (markets == 0) socket->everywhere &= ~bit;
  for (uint32_t m = 0; m < PAPER_MARKETS; m++)
    if (markets == 0 || (markets >> m & 1) != 0) socket->on[m] &= ~bit;
}

static void subscribe(sim *s, sim_connection *connection, const cJSON *message, int32_t on) {
  coinbase_socket *socket = sim_connection_state(connection);
  const char *name = sim_json_text(message, "channel"), *token = sim_json_text(message, "jwt");
  int32_t bad;
  uint32_t markets = named_markets(message, &bad);
  size_t i = 0;
  while (i < CHANNELS && (name == NULL || strcmp(channels[i].name, name) != 0)) i++;
  if (i == CHANNELS) {
    send_error(connection, "channel is not supported");
    return;
  }
  if (bad) {
    send_error(connection, "product_ids contains a product that does not exist");
    return;
  }
  int32_t gives_token = token != NULL && token[0] != '\0';
  if (gives_token || (on && channels[i].wants_token)) {
    sim_account *who = gives_token && !sim_fault(s, "token_dead", "socket")
                           ? coinbase_token_account(s, token, NULL, NULL, NULL)
                           : NULL;
    if (who == NULL) {
      send_error(connection, "authentication failure");
      return;
    }
    socket->account = who;
  }
  if (!channels[i].by_market) markets = 0;
  if (channels[i].by_market && markets == 0 && channels[i].bit != ON_USER)
    markets = (1u << PAPER_MARKETS) - 1; /* nothing was named: all */
  coinbase_flush(s);                     /* what is told from now on follows the first state */
  socket->subscribed |= on;
  if (on)
    turn_on(s, connection, i, markets);
  else
    turn_off(socket, channels[i].bit, markets);
  acknowledge(s, connection);
}

/* --- Connections --- */

int32_t coinbase_upgrade(sim *s, const sim_request *request, sim_reply *reply) {
  int32_t busy = sim_take(s, "coinbase connects", request->address, COINBASE_SECOND, CONNECTS_MAX, 1) > CONNECTS_MAX;
  if (!busy && !sim_fault(s, "maintenance", "socket")) return 1;
  sim_reply_status(reply, busy ? 429 : 503);
  sim_reply_text(reply, "text/plain", busy ? "Too Many Requests" : "Service Unavailable");
  return 0;
}

void coinbase_opened(sim *s, sim_connection *connection) {
  ((coinbase_socket *)sim_connection_state(connection))->sent_ns = sim_now_ns(s);
}

void coinbase_message(sim *s, sim_connection *connection, const char *text, size_t length) {
  coinbase_socket *socket = sim_connection_state(connection);
  cJSON *message = sim_json_parse(text, length);
  const char *type = cJSON_IsObject(message) ? sim_json_text(message, "type") : NULL;
  int32_t on = type != NULL && strcmp(type, "subscribe") == 0, off = type != NULL && strcmp(type, "unsubscribe") == 0;
  int32_t free_of_charge = sim_json_text(message, "jwt") != NULL;
  if (cJSON_GetObjectItemCaseSensitive(message, "channels") != NULL) socket->is_feed = 1;
  if (!free_of_charge && sim_take(s, "coinbase messages", sim_connection_address(connection), COINBASE_SECOND,
                                  MESSAGES_MAX, 1) > MESSAGES_MAX)
    send_error(connection, "rate limit exceeded");
  else if (!on && !off)
    send_error(connection, message == NULL ? "failed to parse message" : "invalid message type");
  else if (socket->is_feed)
    coinbase_feed_message(s, connection, message);
  else
    subscribe(s, connection, message, on);
  cJSON_Delete(message);
}

/* --- As time goes --- */

static void remember_price(coinbase_book *book, int32_t side, int64_t price) {
  for (uint32_t i = 0; i < book->count[side]; i++)
    if (book->prices[side][i] == price) return;
  if (book->count[side] == book->capacity[side]) {
    book->capacity[side] = book->capacity[side] == 0 ? 64 : book->capacity[side] * 2;
    book->prices[side] = realloc(book->prices[side], book->capacity[side] * sizeof *book->prices[side]);
    if (book->prices[side] == NULL) abort();
  }
  book->prices[side][book->count[side]++] = price;
}

void coinbase_stream_event(sim *s, const paper_event *event) {
  coinbase_book *book = &coinbase_of(s)->books[event->market];
  if (event->kind == PAPER_EVENT_TRADE) {
    book->fresh++;
    book->told++;
  }
  if (event->kind == PAPER_EVENT_BOOK)
    remember_price(book, event->u.book.side == BOURSE_SIDE_BUY ? 0 : 1, event->u.book.price);
}

static void flush_book(sim *s, uint32_t market) {
  coinbase_book *book = &coinbase_of(s)->books[market];
  cJSON *list, *events = book_events(market, "update", &list);
  for (int32_t side = 0; side < 2; side++)
    for (uint32_t i = 0; i < book->count[side]; i++) {
      int64_t price = book->prices[side][i];
      int64_t amount = sim_visible(coinbase_market(s, market), side == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL, price);
      add_level(s, list, market, side, price, amount);
    }
  push_all(s, market, ON_LEVEL2, "l2_data", events);
}

void coinbase_flush(sim *s) {
  coinbase_state *state = coinbase_of(s);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    coinbase_book *book = &state->books[m];
    int32_t moved = book->count[0] + book->count[1] > 0;
    if (moved && is_wanted(s, m, ON_LEVEL2)) flush_book(s, m);
    if (book->fresh > 0 && is_wanted(s, m, ON_TICKER))
      push_all(s, m, ON_TICKER, "ticker", ticker_events(s, m, "update", 0));
    if (moved || book->fresh > 0) coinbase_feed_flush(s, m);
    book->count[0] = book->count[1] = book->fresh = 0;
  }
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL && state->any_moved; c = sim_next_socket(s, c)) {
    const coinbase_socket *socket = sim_connection_state(c);
    if ((socket->everywhere & ON_FUTURES) != 0 && socket->account != NULL &&
        state->futures_moved[socket->account->account % COINBASE_ACCOUNTS])
      coinbase_futures_push(s, c, "update");
  }
  if (state->any_moved) memset(state->futures_moved, 0, sizeof state->futures_moved);
  state->any_moved = 0;
}

static void push_heartbeat(sim *s, sim_connection *c) {
  char time[SIM_TIME_SIZE], text[64];
  cJSON *event, *events = coinbase_events(NULL, &event);
  sim_iso(time, sim_clock_ns(s), 9);
  (void)snprintf(text, sizeof text, "%.10s %.18s +0000 UTC", time, time + 11);
  cJSON_AddStringToObject(event, "current_time", text);
  sim_json_add_integer(event, "heartbeat_counter", sim_clock_ns(s) / COINBASE_SECOND % 100000);
  coinbase_push(s, c, "heartbeats", events);
}

/* What is told each second; and connections that said nothing, or that nothing is said to. */
static void each_second(sim *s, int64_t second) {
  for (sim_connection *c = sim_next_socket(s, NULL), *next; c != NULL; c = next) {
    const coinbase_socket *socket = sim_connection_state(c);
    next = sim_next_socket(s, c);
    if ((socket->everywhere & ON_HEARTBEATS) != 0) push_heartbeat(s, c);
    if ((!socket->subscribed && sim_now_ns(s) - sim_connection_opened_ns(c) > SILENT_NS) ||
        sim_now_ns(s) - socket->sent_ns > DEAD_NS)
      sim_send_close(c, 1001, "");
  }
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    if (is_wanted(s, m, ON_CANDLES)) push_all(s, m, ON_CANDLES, "candles", candle_events(s, m, "update", 1));
    if (second % 5 == 0 && is_wanted(s, m, ON_TICKER_BATCH))
      push_all(s, m, ON_TICKER_BATCH, "ticker_batch", ticker_events(s, m, "update", 1));
  }
  coinbase_feed_tick(s, second);
}

void coinbase_tick(sim *s) {
  coinbase_state *state = coinbase_of(s);
  int64_t quarter = sim_now_ns(s) / QUARTER_NS, second = sim_now_ns(s) / COINBASE_SECOND;
  if (quarter > state->told_quarter) {
    state->told_quarter = quarter;
    for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
      coinbase_book *book = &state->books[m];
      if (book->told > 0 && is_wanted(s, m, ON_TRADES))
        push_all(s, m, ON_TRADES, "market_trades", trades_events(s, m, "update", book->told));
      book->told = 0;
    }
  }
  if (second <= state->told_second) return;
  state->told_second = second;
  each_second(s, second);
}
