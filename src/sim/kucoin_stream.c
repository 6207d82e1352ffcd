/* sim/kucoin_stream.c - WebSocket: connections with a token, subscriptions, public topics of spot and futures. Both hosts'
 * topics are at one address here; a token of either is good for it. */
#include "kucoin.h"

#define PING_NS      (60 * KUCOIN_SECOND) /* after so long without a word from the client it ends */
#define MESSAGES_MAX 100
#define MESSAGES_NS  (10 * KUCOIN_SECOND)
#define TOPICS_MAX   400

enum { OF_SPOT = 1, OF_FUTURES = 2 };

static const struct {
  const char *name;
  uint32_t bit;
  int32_t of;
} topics[] = {
    {"/market/ticker", ON_TICKER, OF_SPOT},
    {"/spotMarket/level1", ON_LEVEL1, OF_SPOT},
    {"/spotMarket/level2Depth5", ON_DEPTH5, OF_SPOT},
    {"/spotMarket/level2Depth50", ON_DEPTH50, OF_SPOT},
    {"/market/level2", ON_LEVEL2, OF_SPOT},
    {"/market/match", ON_MATCH, OF_SPOT},
    {"/market/snapshot", ON_SNAPSHOT, OF_SPOT},
    {"/contractMarket/ticker", ON_TICKER, OF_FUTURES},
    {"/contractMarket/tickerV2", ON_TICKER_V2, OF_FUTURES},
    {"/contractMarket/level2", ON_LEVEL2, OF_FUTURES},
    {"/contractMarket/level2Depth5", ON_DEPTH5, OF_FUTURES},
    {"/contractMarket/level2Depth50", ON_DEPTH50, OF_FUTURES},
    {"/contractMarket/execution", ON_MATCH, OF_FUTURES},
    {"/contractMarket/snapshot", ON_SNAPSHOT, OF_FUTURES},
    {"/contract/instrument", ON_INSTRUMENT, OF_FUTURES},
};
#define TOPICS (sizeof topics / sizeof topics[0])

static const struct {
  const char *name;
  uint32_t bit;
  int32_t of_owner;
} wholes[] = {
    {"/market/ticker:all", ON_ALL_TICKERS, 0},
    {"/contract/announcement", 0, 0},
    {"/spotMarket/tradeOrders", ON_ORDERS, 1},
    {"/spotMarket/tradeOrdersV2", ON_ORDERS_V2, 1},
    {"/spotMarket/advancedOrders", ON_STOPS, 1},
    {"/account/balance", ON_BALANCE, 1},
    {"/margin/position", 0, 1},
    {"/contractMarket/tradeOrders", ON_FUTURES_ORDERS, 1},
    {"/contractMarket/advancedOrders", ON_FUTURES_STOPS, 1},
    {"/contractAccount/wallet", ON_WALLET, 1},
    {"/contract/positionAll", ON_POSITIONS, 1},
    {"/contract/marginMode", ON_MARGIN_MODE, 1},
    {"/contract/crossLeverage", ON_LEVERAGE, 1},
};
#define WHOLES (sizeof wholes / sizeof wholes[0])

/* --- Sending --- */

static cJSON *message_of(const char *topic, const char *subject) {
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "topic", topic);
  cJSON_AddStringToObject(message, "type", "message");
  cJSON_AddStringToObject(message, "subject", subject);
  return message;
}

static void send(sim *s, sim_connection *connection, cJSON *message, const char *topic) {
  char first[64];
  (void)snprintf(first, sizeof first, "%.*s", (int)strcspn(topic, ":"), topic);
  if (sim_fault(s, "stream_gap", first))
    cJSON_Delete(message);
  else
    sim_send_json(connection, message);
}

void kucoin_push(sim *s, sim_connection *connection, const char *topic, const char *subject, cJSON *data) {
  cJSON *message = message_of(topic, subject);
  cJSON_AddItemToObject(message, "data", data);
  send(s, connection, message, topic);
}

void kucoin_push_private(sim_connection *connection, const char *topic, const char *subject, cJSON *data) {
  const kucoin_socket *socket = sim_connection_state(connection);
  char user[KUCOIN_ID_SIZE];
  cJSON *message = message_of(topic, subject);
  cJSON_AddStringToObject(message, "userId", kucoin_user(user, socket->account->account));
  cJSON_AddStringToObject(message, "channelType", "private");
  cJSON_AddItemToObject(message, "data", data);
  sim_send_json(connection, message);
}

/* To all that have this topic of this market; takes the data. */
static void push_all(sim *s, uint32_t market, uint32_t bit, const char *name, const char *subject, cJSON *data) {
  char topic[96];
  (void)snprintf(topic, sizeof topic, "%s:%s", name, kucoin_rows[market].id);
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c))
    if ((((kucoin_socket *)sim_connection_state(c))->on[market] & bit) != 0)
      kucoin_push(s, c, topic, subject, cJSON_Duplicate(data, 1));
  cJSON_Delete(data);
}

static int32_t is_wanted(sim *s, uint32_t market, uint32_t bit) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c))
    if ((((kucoin_socket *)sim_connection_state(c))->on[market] & bit) != 0) return 1;
  return 0;
}

static void send_error(sim_connection *connection, const char *id, int32_t code, const char *text) {
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "id", id == NULL ? "" : id);
  cJSON_AddStringToObject(message, "type", "error");
  sim_json_add_integer(message, "code", code);
  cJSON_AddStringToObject(message, "data", text);
  sim_send_json(connection, message);
}

static void send_plain(sim_connection *connection, const char *id, const char *type) {
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "id", id == NULL ? "" : id);
  cJSON_AddStringToObject(message, "type", type);
  sim_send_json(connection, message);
}

/* --- Connections --- */

int32_t kucoin_upgrade(sim *s, const sim_request *request, sim_reply *reply) {
  kucoin_socket *socket = sim_connection_state(request->connection);
  socket->heard_ns = sim_now_ns(s);
  socket->is_entry = strncmp(request->path, "/v1/private", 11) == 0;
  if (!sim_fault(s, "maintenance", "socket")) return 1;
  sim_reply_status(reply, 503);
  sim_reply_text(reply, "text/plain", "Service Unavailable");
  return 0;
}

/* A member of the query that the connection came with, decoded. */
static const char *query_of(const sim_connection *connection, const char *name, char out[200]) {
  const char *query = sim_connection_query(connection);
  size_t length = strlen(name);
  out[0] = '\0';
  while (*query != '\0') {
    size_t end = strcspn(query, "&");
    if (end > length && strncmp(query, name, length) == 0 && query[length] == '=') {
      char *to = out;
      for (const char *at = query + length + 1; at < query + end && to < out + 199; at++) {
        char digits[3] = {0, 0, 0};
        if (at[0] == '%' && at + 2 < query + end) {
          memcpy(digits, at + 1, 2);
          *to++ = (char)strtoul(digits, NULL, 16);
          at += 2;
        } else {
          *to++ = *at;
        }
      }
      *to = '\0';
      return out;
    }
    query += end + (query[end] == '&');
  }
  return out;
}

void kucoin_opened(sim *s, sim_connection *connection) {
  kucoin_socket *socket = sim_connection_state(connection);
  const kucoin_state *state = kucoin_of(s);
  char token[200], id[200];
  if (socket->is_entry) {
    kucoin_entry_open(s, connection);
    return;
  }
  query_of(connection, "token", token);
  query_of(connection, "connectId", id);
  for (uint32_t i = 0; i < KUCOIN_TOKENS && !sim_fault(s, "token_dead", "socket"); i++) {
    const kucoin_token *known = &state->tokens[i];
    if (known->text[0] == '\0' || strcmp(known->text, token) != 0 || known->expires_ns <= sim_clock_ns(s)) continue;
    socket->account = known->account;
    socket->is_push = known->pushes;
    if (socket->is_push)
      kucoin_unified_welcome(s, connection);
    else
      send_plain(connection, id, "welcome");
    return;
  }
  send_error(connection, id, 401, "token is expired");
  sim_send_close(connection, 1000, "");
}

/* --- Subscriptions --- */

static int32_t count_topics(const kucoin_socket *socket) {
  int32_t count = __builtin_popcount(socket->everywhere);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++)
    count += __builtin_popcount(socket->on[m]) + __builtin_popcount(socket->candles[m]) + (socket->orders_of[m] != 0) +
             (socket->position_of[m] != 0);
  return count;
}

static void turn(uint32_t *bits, uint32_t bit, int32_t on) { *bits = on ? *bits | bit : *bits & ~bit; }

/* -1: there is no such interval. */
static int32_t interval_of(const char *text) {
  for (int32_t i = 0; i < KUCOIN_INTERVALS; i++)
    if (strcmp(kucoin_intervals[i].name, text) == 0) return i;
  return -1;
}

/* One name of a topic; 0: there is no such topic. */
static int32_t turn_symbol(kucoin_socket *socket, const char *name, const char *symbol, int32_t on) {
  char id[32];
  int32_t futures = strncmp(name, "/contract", 9) == 0;
  const char *line = strrchr(symbol, '_');
  (void)snprintf(id, sizeof id, "%.*s", (int)(line == NULL ? 31 : line - symbol), symbol);
  int32_t market = kucoin_market_of(id);
  if (market < 0 || kucoin_is_futures((uint32_t)market) != futures) return 0;
  if (strcmp(name, "/market/candles") == 0 || strcmp(name, "/contractMarket/limitCandle") == 0) {
    int32_t interval = line == NULL ? -1 : interval_of(line + 1);
    if (interval < 0) return 0;
    turn(&socket->candles[market], 1u << interval, on);
    return 1;
  }
  if (strcmp(name, "/contractMarket/tradeOrders") == 0 && socket->account != NULL) {
    turn(&socket->orders_of[market], 1, on);
    return 1;
  }
  if (strcmp(name, "/contract/position") == 0 && socket->account != NULL) {
    turn(&socket->position_of[market], 1, on);
    return 1;
  }
  for (size_t i = 0; i < TOPICS; i++) {
    if (strcmp(topics[i].name, name) != 0 || (topics[i].of == OF_FUTURES) != futures) continue;
    turn(&socket->on[market], topics[i].bit, on);
    return 1;
  }
  return 0;
}

static void subscribe(sim *s, sim_connection *connection, const cJSON *message, int32_t on) {
  kucoin_socket *socket = sim_connection_state(connection);
  const char *id = sim_json_text(message, "id"), *topic = sim_json_text(message, "topic");
  char name[64], symbol[48];
  int32_t good = 1;
  if (topic == NULL) {
    send_error(connection, id, 406, "topic is required");
    return;
  }
  kucoin_flush(s);
  for (size_t i = 0; i < WHOLES; i++) {
    if (strcmp(wholes[i].name, topic) != 0) continue;
    if (wholes[i].of_owner && (socket->account == NULL || !sim_json_true(message, "privateChannel"))) {
      send_error(connection, id, 403, "login is required");
      return;
    }
    turn(&socket->everywhere, wholes[i].bit, on);
    if (sim_json_true(message, "response")) send_plain(connection, id, "ack");
    return;
  }
  size_t length = strcspn(topic, ":");
  (void)snprintf(name, sizeof name, "%.*s", (int)length, topic);
  good = topic[length] == ':';
  for (const char *at = topic + length + good; good && *at != '\0';) {
    size_t end = strcspn(at, ",");
    (void)snprintf(symbol, sizeof symbol, "%.*s", (int)(end < 47 ? end : 47), at);
    at += end + (at[end] == ',');
    good = turn_symbol(socket, name, symbol, on);
  }
  if (good && count_topics(socket) > TOPICS_MAX) {
    send_error(connection, id, 509, "exceed max topic count limit");
    return;
  }
  if (!good) {
    send_error(connection, id, 404, "topic does not exist");
    return;
  }
  if (sim_json_true(message, "response")) send_plain(connection, id, "ack");
}

void kucoin_message(sim *s, sim_connection *connection, const char *text, size_t length) {
  kucoin_socket *socket = sim_connection_state(connection);
  char who[40];
  cJSON *message = sim_json_parse(text, length);
  const char *type = cJSON_IsObject(message) ? sim_json_text(message, "type") : NULL,
             *id = cJSON_IsObject(message) ? sim_json_text(message, "id") : NULL;
  socket->heard_ns = sim_now_ns(s);
  if (socket->is_entry)
    kucoin_entry_message(s, connection, text, message);
  else if (socket->is_push)
    kucoin_unified_message(s, connection, message);
  else if (type == NULL)
    send_error(connection, id, 415, "type is not supported");
  else if (strcmp(type, "ping") == 0)
    send_plain(connection, id, "pong");
  else if (strcmp(type, "subscribe") == 0 || strcmp(type, "unsubscribe") == 0) {
    int64_t reset_ns;
    (void)snprintf(who, sizeof who, "%lld", (long long)sim_connection_opened_ns(connection));
    if (sim_take_opened(s, "kucoin messages", who, MESSAGES_NS, MESSAGES_MAX, 1, &reset_ns) > MESSAGES_MAX)
      send_error(connection, id, 509, "exceed max permits per second");
    else
      subscribe(s, connection, message, strcmp(type, "subscribe") == 0);
  } else
    send_error(connection, id, 415, "type is not supported");
  cJSON_Delete(message);
}

/* --- What is told --- */

static void remember(kucoin_book *book, int32_t side, int64_t price, uint64_t number) {
  if (book->count[0] + book->count[1] == 0) book->first = number;
  book->last = number;
  for (uint32_t i = 0; i < book->count[side]; i++)
    if (book->prices[side][i] == price) {
      book->numbers[side][i] = number;
      return;
    }
  if (book->count[side] == book->capacity[side]) {
    book->capacity[side] = book->capacity[side] == 0 ? 64 : book->capacity[side] * 2;
    book->prices[side] = realloc(book->prices[side], book->capacity[side] * sizeof(int64_t));
    book->numbers[side] = realloc(book->numbers[side], book->capacity[side] * sizeof(uint64_t));
    if (book->prices[side] == NULL || book->numbers[side] == NULL) abort();
  }
  book->prices[side][book->count[side]] = price;
  book->numbers[side][book->count[side]++] = number;
}

static cJSON *match_json(sim *s, const paper_trade *trade) {
  int32_t futures = kucoin_is_futures(trade->market);
  const char *id = sim_units_text((int64_t)trade->id, 0, 0), *size = kucoin_amount(s, trade->market, trade->amount);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[trade->market].id);
  if (futures)
    kucoin_add_raw(json, "sequence", id);
  else
    cJSON_AddStringToObject(json, "sequence", id);
  cJSON_AddStringToObject(json, "side", trade->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  if (futures)
    kucoin_add_raw(json, "size", size);
  else
    cJSON_AddStringToObject(json, "size", size);
  cJSON_AddStringToObject(json, "price", kucoin_price(s, trade->market, trade->price));
  cJSON_AddStringToObject(json, "takerOrderId", futures ? "234000000000000002" : "000000000000000000000002");
  cJSON_AddStringToObject(json, "makerOrderId", futures ? "234000000000000001" : "000000000000000000000001");
  cJSON_AddStringToObject(json, "tradeId", id);
  if (futures) {
    kucoin_add_ns(s, json, "ts", trade->time_ns);
  } else {
    cJSON_AddStringToObject(json, "type", "match");
    cJSON_AddStringToObject(json, "time", sim_units_text(trade->time_ns + sim_skew_ns(s), 0, 0));
  }
  return json;
}

/* Futures tell each level by itself. */
static void tell_level(sim *s, const paper_event *event) {
  char change[100];
  cJSON *json = cJSON_CreateObject();
  (void)snprintf(change, sizeof change, "%.40s,%s,%.40s", kucoin_price(s, event->market, event->u.book.price),
                 event->u.book.side == BOURSE_SIDE_BUY ? "buy" : "sell",
                 kucoin_amount(s, event->market, event->u.book.amount));
  sim_json_add_integer(json, "sequence", (int64_t)event->u.book.update_id);
  cJSON_AddStringToObject(json, "change", change);
  kucoin_add_ms(s, json, "timestamp", event->time_ns);
  push_all(s, event->market, ON_LEVEL2, "/contractMarket/level2", "level2", json);
}

void kucoin_stream_event(sim *s, const paper_event *event) {
  kucoin_book *book = &kucoin_of(s)->books[event->market];
  int32_t futures = kucoin_is_futures(event->market);
  if (event->kind == PAPER_EVENT_TRADE) {
    book->fresh++;
    if (is_wanted(s, event->market, ON_MATCH))
      push_all(s, event->market, ON_MATCH, futures ? "/contractMarket/execution" : "/market/match",
               futures ? "match" : "trade.l3match", match_json(s, &event->u.trade));
  }
  if (event->kind != PAPER_EVENT_BOOK) return;
  if (futures && is_wanted(s, event->market, ON_LEVEL2)) tell_level(s, event);
  remember(book, event->u.book.side == BOURSE_SIDE_BUY ? 0 : 1, event->u.book.price, event->u.book.update_id);
}

static void flush_book(sim *s, uint32_t market) {
  const kucoin_book *book = &kucoin_of(s)->books[market];
  cJSON *json = cJSON_CreateObject(), *changes = cJSON_AddObjectToObject(json, "changes");
  for (int32_t side = 1; side >= 0; side--) {
    cJSON *list = cJSON_AddArrayToObject(changes, side == 0 ? "bids" : "asks");
    for (uint32_t i = 0; i < book->count[side]; i++) {
      int64_t price = book->prices[side][i],
              amount = sim_visible(kucoin_market(s, market), side == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL, price);
      const char *row[3] = {kucoin_price(s, market, price), kucoin_amount(s, market, amount),
                            sim_units_text((int64_t)book->numbers[side][i], 0, 0)};
      cJSON_AddItemToArray(list, cJSON_CreateStringArray(row, 3));
    }
  }
  sim_json_add_integer(json, "sequenceEnd", (int64_t)book->last);
  sim_json_add_integer(json, "sequenceStart", (int64_t)book->first);
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  kucoin_add_ms(s, json, "time", sim_now_ns(s));
  push_all(s, market, ON_LEVEL2, "/market/level2", "trade.l2update", json);
}

static void add_level1(sim *s, cJSON *json, uint32_t market, int32_t side, const char *name) {
  cJSON *list = kucoin_side(s, market, side, 1, 0), *best = cJSON_DetachItemFromArray(list, 0);
  cJSON_AddItemToObject(json, name, best == NULL ? cJSON_CreateArray() : best);
  cJSON_Delete(list);
}

static cJSON *ticker_json(sim *s, uint32_t market) {
  const paper_market *m = kucoin_market(s, market);
  uint32_t count = sim_trade_count(s, market);
  sim_level bid = {0, 0}, ask = {0, 0};
  cJSON *json = cJSON_CreateObject();
  (void)sim_read_side(s, market, 0, &bid, 1);
  (void)sim_read_side(s, market, 1, &ask, 1);
  cJSON_AddStringToObject(json, "bestAsk", kucoin_price(s, market, ask.price));
  cJSON_AddStringToObject(json, "bestAskSize", kucoin_amount(s, market, ask.amount));
  cJSON_AddStringToObject(json, "bestBid", kucoin_price(s, market, bid.price));
  cJSON_AddStringToObject(json, "bestBidSize", kucoin_amount(s, market, bid.amount));
  cJSON_AddStringToObject(json, "price", kucoin_price(s, market, m->last));
  cJSON_AddStringToObject(json, "sequence", sim_units_text((int64_t)m->update_id, 0, 0));
  cJSON_AddStringToObject(json, "size",
                          kucoin_amount(s, market, count == 0 ? 0 : sim_trade_at(s, market, count - 1)->amount));
  kucoin_add_ms(s, json, "time", sim_now_ns(s));
  return json;
}

static cJSON *futures_ticker(sim *s, uint32_t market, int32_t with_trade) {
  sim_level bid = {0, 0}, ask = {0, 0};
  uint32_t count = sim_trade_count(s, market);
  const paper_trade *trade = count == 0 ? NULL : sim_trade_at(s, market, count - 1);
  cJSON *json = cJSON_CreateObject();
  (void)sim_read_side(s, market, 0, &bid, 1);
  (void)sim_read_side(s, market, 1, &ask, 1);
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  sim_json_add_integer(json, "sequence", (int64_t)kucoin_market(s, market)->update_id);
  if (with_trade && trade != NULL) {
    cJSON_AddStringToObject(json, "side", trade->side == BOURSE_SIDE_BUY ? "buy" : "sell");
    kucoin_add_raw(json, "size", kucoin_amount(s, market, trade->amount));
    cJSON_AddStringToObject(json, "price", kucoin_price(s, market, trade->price));
    cJSON_AddStringToObject(json, "tradeId", sim_units_text((int64_t)trade->id, 0, 0));
  }
  kucoin_add_raw(json, "bestBidSize", kucoin_amount(s, market, bid.amount));
  cJSON_AddStringToObject(json, "bestBidPrice", kucoin_price(s, market, bid.price));
  cJSON_AddStringToObject(json, "bestAskPrice", kucoin_price(s, market, ask.price));
  kucoin_add_raw(json, "bestAskSize", kucoin_amount(s, market, ask.amount));
  kucoin_add_ns(s, json, "ts", sim_now_ns(s));
  return json;
}

static cJSON *depth_json(sim *s, uint32_t market, uint32_t depth) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddItemToObject(json, "asks", kucoin_side(s, market, 1, depth, 0));
  cJSON_AddItemToObject(json, "bids", kucoin_side(s, market, 0, depth, 0));
  if (kucoin_is_futures(market)) {
    sim_json_add_integer(json, "sequence", (int64_t)kucoin_market(s, market)->update_id);
    kucoin_add_ms(s, json, "ts", sim_now_ns(s));
  }
  kucoin_add_ms(s, json, "timestamp", sim_now_ns(s));
  return json;
}

/* Books of spot, and what is told at once. */
void kucoin_flush(sim *s) {
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    kucoin_book *book = &kucoin_of(s)->books[m];
    int32_t moved = book->count[0] + book->count[1] > 0, futures = kucoin_is_futures(m);
    if (moved && !futures && is_wanted(s, m, ON_LEVEL2)) flush_book(s, m);
    if (moved && !futures && is_wanted(s, m, ON_LEVEL1)) {
      cJSON *json = cJSON_CreateObject();
      add_level1(s, json, m, 1, "asks");
      add_level1(s, json, m, 0, "bids");
      kucoin_add_ms(s, json, "timestamp", sim_now_ns(s));
      push_all(s, m, ON_LEVEL1, "/spotMarket/level1", "level1", json);
    }
    if (moved && futures && is_wanted(s, m, ON_TICKER_V2))
      push_all(s, m, ON_TICKER_V2, "/contractMarket/tickerV2", "tickerV2", futures_ticker(s, m, 0));
    if (book->fresh > 0 && futures && is_wanted(s, m, ON_TICKER))
      push_all(s, m, ON_TICKER, "/contractMarket/ticker", "ticker", futures_ticker(s, m, 1));
    if (moved) { /* what is told ten times a second */
      const char *five = futures ? "/contractMarket/level2Depth5" : "/spotMarket/level2Depth5",
                 *fifty = futures ? "/contractMarket/level2Depth50" : "/spotMarket/level2Depth50";
      if (is_wanted(s, m, ON_DEPTH5)) push_all(s, m, ON_DEPTH5, five, "level2", depth_json(s, m, 5));
      if (is_wanted(s, m, ON_DEPTH50)) push_all(s, m, ON_DEPTH50, fifty, "level2", depth_json(s, m, 50));
      if (!futures && is_wanted(s, m, ON_TICKER))
        push_all(s, m, ON_TICKER, "/market/ticker", "trade.ticker", ticker_json(s, m));
    }
    for (sim_connection *c = sim_next_socket(s, NULL); c != NULL && moved && !futures; c = sim_next_socket(s, c))
      if ((((kucoin_socket *)sim_connection_state(c))->everywhere & ON_ALL_TICKERS) != 0)
        kucoin_push(s, c, "/market/ticker:all", kucoin_rows[m].id, ticker_json(s, m));
    book->count[0] = book->count[1] = book->fresh = 0;
  }
}

/* --- As time goes --- */

static cJSON *candle_json(sim *s, uint32_t market, const sim_interval *interval) {
  const paper_market *m = kucoin_market(s, market);
  int64_t open_ns = sim_candle_open(interval, sim_now_ns(s));
  paper_bar bar = sim_bar(s, market, BOURSE_PRICE_LAST, interval, open_ns);
  const char *amount = kucoin_amount(s, market, (int64_t)(bar.volume / m->unit_amount));
  const char *row[7] = {sim_units_text(open_ns / KUCOIN_SECOND, 0, 0),
                        kucoin_price(s, market, bar.open),
                        kucoin_price(s, market, bar.close),
                        kucoin_price(s, market, bar.high),
                        kucoin_price(s, market, bar.low),
                        amount,
                        kucoin_is_futures(market) ? amount : sim_money_text(bar.quote, -1)};
  cJSON *json = cJSON_CreateObject();
  if (bar.count == 0) {
    cJSON_Delete(json);
    return NULL;
  }
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  cJSON_AddItemToObject(json, "candles", cJSON_CreateStringArray(row, 7));
  if (kucoin_is_futures(market))
    kucoin_add_ms(s, json, "time", sim_now_ns(s));
  else
    kucoin_add_ns(s, json, "time", sim_now_ns(s));
  return json;
}

static void push_candles(sim *s, sim_connection *c, uint32_t market) {
  const kucoin_socket *socket = sim_connection_state(c);
  int32_t futures = kucoin_is_futures(market);
  char topic[96];
  for (int32_t i = 0; i < KUCOIN_INTERVALS; i++) {
    cJSON *json = (socket->candles[market] >> i & 1) != 0 ? candle_json(s, market, &kucoin_intervals[i]) : NULL;
    if (json == NULL) continue;
    (void)snprintf(topic, sizeof topic, "%s:%s_%s", futures ? "/contractMarket/limitCandle" : "/market/candles",
                   kucoin_rows[market].id, kucoin_intervals[i].name);
    kucoin_push(s, c, topic, futures ? "candle.stick" : "trade.candles.update", json);
  }
}

static cJSON *snapshot_json(sim *s, uint32_t market) {
  const paper_market *m = kucoin_market(s, market);
  paper_bar day = bourse__feed_day(sim_feed(s), market);
  int32_t futures = kucoin_is_futures(market);
  __extension__ typedef __int128 wide;
  const char *rate =
      sim_units_text(day.open == 0 ? 0 : (int64_t)((wide)(m->last - day.open) * 10000 / day.open), 4, -1);
  cJSON *json = cJSON_CreateObject(), *data = futures ? json : cJSON_AddObjectToObject(json, "data");
  cJSON_AddStringToObject(data, "symbol", kucoin_rows[market].id);
  kucoin_add_raw(data, futures ? "highPrice" : "high", kucoin_price(s, market, day.high));
  kucoin_add_raw(data, futures ? "lastPrice" : "lastTradedPrice", kucoin_price(s, market, m->last));
  kucoin_add_raw(data, futures ? "lowPrice" : "low", kucoin_price(s, market, day.low));
  kucoin_add_raw(data, futures ? "price24HoursBefore" : "open", kucoin_price(s, market, day.open));
  kucoin_add_raw(data, futures ? "priceChg" : "changePrice", kucoin_price(s, market, m->last - day.open));
  kucoin_add_raw(data, futures ? "priceChgPct" : "changeRate", rate);
  kucoin_add_raw(data, futures ? "turnover" : "volValue", sim_money_text(day.quote, -1));
  kucoin_add_raw(data, futures ? "volume" : "vol", sim_money_text(day.volume, -1));
  if (futures) {
    kucoin_add_ns(s, data, "ts", sim_now_ns(s));
    return json;
  }
  kucoin_add_raw(data, "buy", kucoin_price(s, market, bourse__paper_best(m, BOURSE_SIDE_BUY)));
  kucoin_add_raw(data, "sell", kucoin_price(s, market, bourse__paper_best(m, BOURSE_SIDE_SELL)));
  kucoin_add_ms(s, data, "datetime", sim_now_ns(s));
  cJSON_AddStringToObject(json, "sequence", sim_units_text((int64_t)m->update_id, 0, 0));
  return json;
}

static void each_second(sim *s, int64_t second) {
  for (sim_connection *c = sim_next_socket(s, NULL), *next; c != NULL; c = next) {
    const kucoin_socket *socket = sim_connection_state(c);
    next = sim_next_socket(s, c);
    for (uint32_t m = 0; m < PAPER_MARKETS; m++)
      if (socket->candles[m] != 0) push_candles(s, c, m);
    if (sim_now_ns(s) - socket->heard_ns > PING_NS) sim_send_close(c, 1000, "");
  }
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    int32_t futures = kucoin_is_futures(m);
    if (second % (futures ? 5 : 2) == 0 && is_wanted(s, m, ON_SNAPSHOT))
      push_all(s, m, ON_SNAPSHOT, futures ? "/contractMarket/snapshot" : "/market/snapshot",
               futures ? "snapshot.24h" : "trade.snapshot", snapshot_json(s, m));
    if (!futures || !is_wanted(s, m, ON_INSTRUMENT)) continue;
    cJSON *json = cJSON_CreateObject();
    sim_json_add_integer(json, "granularity", 1000);
    kucoin_add_raw(json, "indexPrice", kucoin_price(s, m, kucoin_market(s, m)->index_price));
    kucoin_add_raw(json, "markPrice", kucoin_price(s, m, kucoin_market(s, m)->mark));
    kucoin_add_ms(s, json, "timestamp", sim_now_ns(s));
    push_all(s, m, ON_INSTRUMENT, "/contract/instrument", "mark.index.price", json);
    if (second % 60 != 0) continue;
    json = cJSON_CreateObject();
    sim_json_add_integer(json, "granularity", 60000);
    kucoin_add_raw(json, "fundingRate", sim_units_text(bourse__feed_premium(sim_feed(s), m) / 3, 9, -1));
    kucoin_add_ms(s, json, "timestamp", sim_now_ns(s));
    push_all(s, m, ON_INSTRUMENT, "/contract/instrument", "funding.rate", json);
  }
}

void kucoin_tick(sim *s) {
  kucoin_state *state = kucoin_of(s);
  int64_t second = sim_now_ns(s) / KUCOIN_SECOND;
  if (second <= state->told_second) return;
  state->told_second = second;
  each_second(s, second);
}
