/* sim/bybit_stream.c - WebSocket: connections, subscriptions, public topics. Follows "WebSocket Stream" of the exchange's V5
 * documents. One address serves all paths here. */
#include "bybit.h"

#define IDLE_NS (10 * BYBIT_MINUTE)

static const uint32_t depths[BYBIT_DEPTHS] = {1, 50, 200, 1000};

/* --- Connections --- */

int32_t bybit_upgrade(sim *s, const sim_request *request, sim_reply *reply) {
  static const struct {
    const char *path;
    int32_t kind, category;
  } rows[] = {
      {"/v5/public/spot", BYBIT_ON_PUBLIC, BYBIT_SPOT},       {"/v5/public/linear", BYBIT_ON_PUBLIC, BYBIT_LINEAR},
      {"/v5/public/inverse", BYBIT_ON_PUBLIC, BYBIT_INVERSE}, {"/v5/public/option", BYBIT_ON_PUBLIC, BYBIT_OPTION},
      {"/v5/private", BYBIT_ON_PRIVATE, BYBIT_NONE},          {"/v5/trade", BYBIT_ON_TRADE, BYBIT_NONE}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (strcmp(rows[i].path, request->path) == 0)
      return sim_take(s, "bybit connections", request->address, 300 * BYBIT_SECOND, 500, 1) <= 500;
  sim_reply_status(reply, 404);
  sim_reply_text(reply, "text/plain", "404 page not found");
  return 0;
}

/* The state is zeroed when a connection opens; what it is about is read off its path at the first message. */
static bybit_socket *socket_of(sim *s, sim_connection *connection) {
  static const char *const categories[] = {"", "spot", "linear", "inverse", "option"};
  bybit_socket *socket = sim_connection_state(connection);
  const char *path = sim_connection_path(connection);
  if (socket->kind != 0) return socket;
  socket->kind = strcmp(path, "/v5/private") == 0 ? BYBIT_ON_PRIVATE
                 : strcmp(path, "/v5/trade") == 0 ? BYBIT_ON_TRADE
                                                  : BYBIT_ON_PUBLIC;
  for (int32_t i = BYBIT_SPOT; i < BYBIT_CATEGORIES; i++)
    if (strcmp(path + strlen(path) - strlen(categories[i]), categories[i]) == 0) socket->category = i;
  sim_uuid(socket->id, sim_next_number(s));
  return socket;
}

void bybit_socket_closed(sim *s, sim_connection *connection) {
  const bybit_socket *gone = sim_connection_state(connection);
  if (gone->account == NULL || gone->private_on[ON_DCP] == 0 || gone->account->account >= BYBIT_ACCOUNTS) return;
  uint8_t left = 0;
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const bybit_socket *socket = sim_connection_state(c);
    if (c != connection && socket->account != NULL && socket->account->account == gone->account->account)
      left |= socket->private_on[ON_DCP];
  }
  for (int32_t product = 0; product < 3; product++) {
    bybit_dcp *dcp = &bybit_of(s)->dcp[gone->account->account][product];
    if ((gone->private_on[ON_DCP] >> product & 1) != 0 && (left >> product & 1) == 0 && dcp->window_ns != 0)
      dcp->due_ns = sim_now_ns(s) + dcp->window_ns;
  }
}

/* --- Sending --- */

typedef int32_t (*wants)(const bybit_socket *socket, uint32_t market, int32_t which);

static int32_t wants_book(const bybit_socket *socket, uint32_t market, int32_t d) {
  return socket->depths[market] >> d & 1;
}
static int32_t wants_topic(const bybit_socket *socket, uint32_t market, int32_t bit) {
  return (socket->on[market] & bit) != 0;
}
static int32_t wants_candles(const bybit_socket *socket, uint32_t market, int32_t i) {
  return socket->intervals[market] >> i & 1;
}

static int32_t is_wanted(sim *s, wants test, uint32_t market, int32_t which) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c))
    if (test(sim_connection_state(c), market, which)) return 1;
  return 0;
}

/* The same text to all who want it; takes the message. */
static void send_all(sim *s, cJSON *message, wants test, uint32_t market, int32_t which, int32_t may_gap) {
  char *text = cJSON_PrintUnformatted(message);
  for (sim_connection *c = sim_next_socket(s, NULL); text != NULL && c != NULL; c = sim_next_socket(s, c)) {
    if (!test(sim_connection_state(c), market, which)) continue;
    if (may_gap && sim_fault(s, "stream_gap", bybit_market(s, market)->about->symbol)) continue;
    sim_send_text(c, text);
  }
  cJSON_free(text);
  cJSON_Delete(message);
}

static cJSON *topic_message(sim *s, const char *topic, const char *type, cJSON *data, int32_t engine_time) {
  cJSON *message = cJSON_CreateObject();
  cJSON_AddStringToObject(message, "topic", topic);
  cJSON_AddStringToObject(message, "type", type);
  sim_json_add_integer(message, "ts", sim_clock_ns(s) / BYBIT_MS);
  cJSON_AddItemToObject(message, "data", data);
  if (engine_time) sim_json_add_integer(message, "cts", sim_clock_ns(s) / BYBIT_MS);
  return message;
}

/* --- Books --- */

typedef struct book_lists {
  sim *s;
  uint32_t market;
  cJSON *sides[2];
} book_lists;

static void add_level(void *lists, int32_t side, const sim_level *level) {
  const book_lists *to = lists;
  cJSON *row = cJSON_CreateArray();
  cJSON_AddItemToArray(row, cJSON_CreateString(bybit_price(to->s, to->market, level->price)));
  cJSON_AddItemToArray(row, cJSON_CreateString(bybit_amount(to->s, to->market, level->amount)));
  cJSON_AddItemToArray(to->sides[side], row);
}

static cJSON *book_message(sim *s, uint32_t m, int32_t d, const char *type, const book_lists *lists) {
  const char *id = bybit_market(s, m)->about->id;
  char topic[48];
  cJSON *data = cJSON_CreateObject();
  (void)snprintf(topic, sizeof topic, "orderbook.%u.%s", depths[d], id);
  cJSON_AddStringToObject(data, "s", id);
  cJSON_AddItemToObject(data, "b", lists->sides[0]);
  cJSON_AddItemToObject(data, "a", lists->sides[1]);
  sim_json_add_integer(data, "u", bybit_of(s)->books[m][d].update);
  sim_json_add_integer(data, "seq", (int64_t)bybit_market(s, m)->update_id + 1000);
  return topic_message(s, topic, type, data, 1);
}

static cJSON *book_snapshot(sim *s, uint32_t m, int32_t d) {
  const sim_ladder *ladder = &bybit_of(s)->books[m][d].ladder;
  book_lists lists = {s, m, {cJSON_CreateArray(), cJSON_CreateArray()}};
  for (int32_t side = 0; side < 2; side++)
    for (uint32_t i = 0; i < ladder->count[side]; i++) add_level(&lists, side, &ladder->levels[side][i]);
  return book_message(s, m, d, "snapshot", &lists);
}

/* The first level is told whole, the others by what changed; after a restart of the service a book begins again at 1. */
static void flush_book(sim *s, uint32_t m, int32_t d) {
  bybit_book *book = &bybit_of(s)->books[m][d];
  book_lists lists = {s, m, {cJSON_CreateArray(), cJSON_CreateArray()}};
  uint32_t changes = sim_ladder_follow(s, &book->ladder, m, SIM_LADDER_SERVER_CUTS, add_level, &lists);
  int32_t restarts = changes > 0 && sim_fault(s, "book_restart", bybit_market(s, m)->about->symbol);
  if (changes > 0) book->update = restarts ? 1 : book->update + 1;
  if (changes > 0 && d > 0 && !restarts) {
    send_all(s, book_message(s, m, d, "delta", &lists), wants_book, m, d, 1);
  } else {
    cJSON_Delete(lists.sides[0]);
    cJSON_Delete(lists.sides[1]);
    if (changes > 0) send_all(s, book_snapshot(s, m, d), wants_book, m, d, 0);
  }
  if (changes > 0) book->told_ns = sim_now_ns(s);
}

/* --- Trades, candles, tickers --- */

static cJSON *trade_json(sim *s, const paper_trade *trade) {
  char id[BYBIT_ID_SIZE];
  cJSON *row = cJSON_CreateObject();
  sim_json_add_integer(row, "T", (trade->time_ns + sim_skew_ns(s)) / BYBIT_MS);
  cJSON_AddStringToObject(row, "s", bybit_market(s, trade->market)->about->id);
  cJSON_AddStringToObject(row, "S", trade->side == BOURSE_SIDE_BUY ? "Buy" : "Sell");
  cJSON_AddStringToObject(row, "v", bybit_amount(s, trade->market, trade->amount));
  cJSON_AddStringToObject(row, "p", bybit_price(s, trade->market, trade->price));
  if (!bybit_is_spot(trade->market)) cJSON_AddStringToObject(row, "L", "ZeroPlusTick");
  cJSON_AddStringToObject(row, "i", bybit_exec_id(id, trade->market, trade->id, trade->side));
  cJSON_AddBoolToObject(row, "BT", 0);
  cJSON_AddBoolToObject(row, "RPI", 0);
  sim_json_add_integer(row, "seq", (int64_t)trade->id);
  return row;
}

static void flush_trades(sim *s, uint32_t m) {
  uint32_t total = sim_trade_count(s, m), count = (uint32_t)bybit_of(s)->traded[m];
  char topic[48];
  if (count > total) count = total;
  if (!is_wanted(s, wants_topic, m, ON_TRADES)) return;
  cJSON *data = cJSON_CreateArray();
  for (uint32_t i = total - count; i < total; i++) cJSON_AddItemToArray(data, trade_json(s, sim_trade_at(s, m, i)));
  (void)snprintf(topic, sizeof topic, "publicTrade.%s", bybit_market(s, m)->about->id);
  send_all(s, topic_message(s, topic, "snapshot", data, 0), wants_topic, m, ON_TRADES, 0);
}

static cJSON *candle_message(sim *s, uint32_t m, int32_t i, int64_t open_ns) {
  const sim_interval *interval = &bybit_intervals[i];
  paper_bar bar = sim_bar(s, m, BOURSE_PRICE_LAST, interval, open_ns);
  int64_t next_ns = sim_candle_next(interval, open_ns);
  char topic[48];
  cJSON *row = cJSON_CreateObject(), *data = cJSON_CreateArray();
  sim_json_add_integer(row, "start", open_ns / BYBIT_MS);
  sim_json_add_integer(row, "end", next_ns / BYBIT_MS - 1);
  cJSON_AddStringToObject(row, "interval", interval->name);
  cJSON_AddStringToObject(row, "open", bybit_price(s, m, bar.open));
  cJSON_AddStringToObject(row, "close", bybit_price(s, m, bar.close));
  cJSON_AddStringToObject(row, "high", bybit_price(s, m, bar.high));
  cJSON_AddStringToObject(row, "low", bybit_price(s, m, bar.low));
  sim_json_add_money(row, "volume", bar.volume, -1);
  sim_json_add_money(row, "turnover", bar.quote, -1);
  cJSON_AddBoolToObject(row, "confirm", next_ns <= sim_now_ns(s));
  sim_json_add_integer(row, "timestamp", sim_clock_ns(s) / BYBIT_MS);
  cJSON_AddItemToArray(data, row);
  (void)snprintf(topic, sizeof topic, "kline.%s.%s", interval->name, bybit_market(s, m)->about->id);
  return topic_message(s, topic, "snapshot", data, 0);
}

/* Of a span that has just ended first its last state, then that of the new one. */
static void publish_candles(sim *s) {
  for (uint32_t m = 0; m < PAPER_MARKETS; m++)
    for (int32_t i = 0; i < BYBIT_INTERVALS; i++) {
      if (!is_wanted(s, wants_candles, m, i)) continue;
      int64_t now_ns = sim_now_ns(s), open_ns = sim_candle_open(&bybit_intervals[i], now_ns),
              before_ns = sim_candle_open(&bybit_intervals[i], open_ns - 1);
      if (now_ns - open_ns < BYBIT_SECOND) send_all(s, candle_message(s, m, i, before_ns), wants_candles, m, i, 0);
      send_all(s, candle_message(s, m, i, open_ns), wants_candles, m, i, 0);
    }
}

static cJSON *ticker_message(sim *s, uint32_t m, const char *type, cJSON *data) {
  char topic[48];
  (void)snprintf(topic, sizeof topic, "tickers.%s", bybit_market(s, m)->about->id);
  cJSON *message = topic_message(s, topic, type, data, 0);
  sim_json_add_integer(message, "cs", (int64_t)bybit_market(s, m)->update_id);
  return message;
}

/* Contracts: the members that changed since the last message, which all subscribers have. */
static void publish_ticker(sim *s, uint32_t m) {
  bybit_state *state = bybit_of(s);
  if (!is_wanted(s, wants_topic, m, ON_TICKER)) return;
  cJSON *now = bybit_ticker_json(s, m, 1), *old = state->tickers[m], *item;
  cJSON *delta = cJSON_CreateObject();
  int32_t changes = 0;
  cJSON_ArrayForEach(item, now) {
    const char *before = sim_json_text(old, item->string);
    if (before != NULL && strcmp(before, item->valuestring) == 0 && strcmp(item->string, "symbol") != 0) continue;
    cJSON_AddStringToObject(delta, item->string, item->valuestring);
    changes += strcmp(item->string, "symbol") != 0;
  }
  cJSON_Delete(old);
  state->tickers[m] = now;
  if (changes == 0) {
    cJSON_Delete(delta);
  } else if (bybit_is_spot(m)) { /* whole each time */
    cJSON_Delete(delta);
    send_all(s, ticker_message(s, m, "snapshot", cJSON_Duplicate(now, 1)), wants_topic, m, ON_TICKER, 0);
  } else {
    send_all(s, ticker_message(s, m, "delta", delta), wants_topic, m, ON_TICKER, 0);
  }
}

static cJSON *ticker_snapshot(sim *s, uint32_t m) {
  bybit_state *state = bybit_of(s);
  if (state->tickers[m] == NULL || !is_wanted(s, wants_topic, m, ON_TICKER)) {
    cJSON_Delete(state->tickers[m]);
    state->tickers[m] = bybit_ticker_json(s, m, 1);
  }
  return ticker_message(s, m, "snapshot", cJSON_Duplicate(state->tickers[m], 1));
}

/* S is the position's side: a long one is closed by a sale. */
static void tell_liquidation(sim *s, const paper_order *order) {
  char topic[48];
  cJSON *row = cJSON_CreateObject(), *data = cJSON_CreateArray();
  sim_json_add_integer(row, "T", sim_clock_ns(s) / BYBIT_MS);
  cJSON_AddStringToObject(row, "s", bybit_market(s, order->market)->about->id);
  cJSON_AddStringToObject(row, "S", order->side == BOURSE_SIDE_SELL ? "Buy" : "Sell");
  cJSON_AddStringToObject(row, "v", bybit_amount(s, order->market, order->filled));
  cJSON_AddStringToObject(row, "p", bybit_price(s, order->market, bybit_market(s, order->market)->last));
  cJSON_AddItemToArray(data, row);
  (void)snprintf(topic, sizeof topic, "allLiquidation.%s", bybit_market(s, order->market)->about->id);
  send_all(s, topic_message(s, topic, "snapshot", data, 0), wants_topic, order->market, ON_LIQUIDATIONS, 0);
}

/* --- Subscriptions --- */

/* What a topic turns on, and what is told at once. A reason where there is no such topic. */
static const char *turn(sim *s, sim_connection *connection, const char *topic, int32_t on, cJSON **first) {
  static const struct {
    const char *name;
    int32_t bit;
  } plain[] = {{"tickers.", ON_TICKER}, {"publicTrade.", ON_TRADES}, {"allLiquidation.", ON_LIQUIDATIONS}};
  bybit_socket *socket = sim_connection_state(connection);
  const char *dot = strrchr(topic, '.');
  int32_t market = dot == NULL ? -1 : bybit_market_of(socket->category, dot + 1),
          book = strncmp(topic, "orderbook.", 10) == 0, candles = strncmp(topic, "kline.", 6) == 0;
  char middle[16];
  *first = NULL;
  if (market < 0) return "handler not found";
  uint32_t m = (uint32_t)market;
  const char *from = topic + (book ? 10 : 6);
  (void)snprintf(middle, sizeof middle, "%.*s", (int)(dot > from && dot - from < 15 ? dot - from : 0), from);
  for (int32_t d = 0; book && d < BYBIT_DEPTHS; d++) {
    bybit_book *kept = &bybit_of(s)->books[m][d];
    if ((uint32_t)strtoul(middle, NULL, 10) != depths[d]) continue;
    if (on && (socket->depths[m] >> d & 1) != 0) return "already subscribed";
    if (on && !is_wanted(s, wants_book, m, d)) {
      sim_ladder_read(s, &kept->ladder, m, depths[d]);
      kept->update++;
      kept->told_ns = sim_now_ns(s);
    }
    kept->active |= on;
    socket->depths[m] = (uint8_t)(on ? socket->depths[m] | 1u << d : socket->depths[m] & ~(1u << d));
    if (on) *first = book_snapshot(s, m, d);
    return NULL;
  }
  int32_t i = candles ? bybit_interval_of(middle) : -1;
  if (i >= 0) {
    socket->intervals[m] = (uint16_t)(on ? socket->intervals[m] | 1u << i : socket->intervals[m] & ~(1u << i));
    if (on) *first = candle_message(s, m, i, sim_candle_open(&bybit_intervals[i], sim_now_ns(s)));
    return NULL;
  }
  for (size_t k = 0; k < sizeof plain / sizeof plain[0]; k++) {
    if (strncmp(topic, plain[k].name, strlen(plain[k].name)) != 0) continue;
    if (on && (socket->on[m] & plain[k].bit) != 0) return "already subscribed";
    if (on && plain[k].bit == ON_TICKER) *first = ticker_snapshot(s, m);
    socket->on[m] = (uint8_t)(on ? socket->on[m] | plain[k].bit : socket->on[m] & ~plain[k].bit);
    return NULL;
  }
  return "handler not found";
}

static void answer(sim_connection *connection, const bybit_socket *socket, const cJSON *message, const char *op,
                   const char *error, const char *text) {
  const char *id = sim_json_text(message, "req_id");
  cJSON *json = cJSON_CreateObject();
  cJSON_AddBoolToObject(json, "success", error == NULL);
  cJSON_AddStringToObject(json, "ret_msg", error != NULL ? error : text);
  cJSON_AddStringToObject(json, "conn_id", socket->id);
  if (id != NULL) cJSON_AddStringToObject(json, "req_id", id);
  cJSON_AddStringToObject(json, "op", op);
  sim_send_json(connection, json);
}

/* One bad topic fails them all. */
static void subscribe(sim *s, sim_connection *connection, bybit_socket *socket, const cJSON *message, int32_t on) {
  const cJSON *args = cJSON_GetObjectItemCaseSensitive(message, "args"), *item;
  const char *error = cJSON_IsArray(args) && args->child != NULL ? NULL : "Params Error",
             *op = on ? "subscribe" : "unsubscribe";
  int32_t public_one = socket->kind == BYBIT_ON_PUBLIC;
  cJSON *firsts[64] = {0};
  uint32_t count = 0;
  char text[160];
  if (public_one && socket->category == BYBIT_SPOT && cJSON_GetArraySize(args) > 10) error = "args size >10";
  if (!public_one && socket->account == NULL) error = "Request not authorized";
  bybit_stream_flush(s); /* so that what is told from now on follows the first state */
  bybit_socket before = *socket;
  cJSON_ArrayForEach(item, args) {
    const char *topic = sim_json_item_text(item), *why;
    if (error != NULL || topic == NULL) break;
    cJSON *first = NULL;
    why = public_one ? turn(s, connection, topic, on, &first) : bybit_subscribe_private(s, connection, topic, on);
    if (first != NULL && count < 64) firsts[count++] = first;
    if (why == NULL) continue;
    (void)snprintf(text, sizeof text,
                   public_one && strcmp(why, "already subscribed") == 0 ? "error:already subscribed,topic:%.60s"
                                                                        : "error:handler not found,topic:%.60s",
                   topic);
    error = text;
  }
  if (error != NULL) *socket = before;
  answer(connection, socket, message, op, error, public_one ? op : "");
  for (uint32_t i = 0; i < count; i++) {
    if (error == NULL)
      sim_send_json(connection, firsts[i]);
    else
      cJSON_Delete(firsts[i]);
  }
}

static void pong(sim *s, sim_connection *connection, const bybit_socket *socket, const cJSON *message) {
  const char *id = sim_json_text(message, "req_id"), *now = sim_units_text(sim_clock_ns(s) / BYBIT_MS, 0, 0);
  if (socket->kind == BYBIT_ON_PUBLIC && socket->category != BYBIT_OPTION) {
    answer(connection, socket, message, "ping", NULL, "pong");
    return;
  }
  cJSON *json = cJSON_CreateObject();
  int32_t trade = socket->kind == BYBIT_ON_TRADE;
  if (trade) sim_json_add_integer(json, "retCode", 0);
  if (id != NULL) cJSON_AddStringToObject(json, "req_id", id);
  cJSON_AddStringToObject(json, "op", "pong");
  cJSON_AddItemToArray(cJSON_AddArrayToObject(json, trade ? "data" : "args"), cJSON_CreateString(now));
  cJSON_AddStringToObject(json, trade ? "connId" : "conn_id", socket->id);
  sim_send_json(connection, json);
}

void bybit_message(sim *s, sim_connection *connection, const char *text, size_t length) {
  bybit_socket *socket = socket_of(s, connection);
  cJSON *message = sim_json_parse(text, length);
  const char *op = sim_json_text(message, "op");
  socket->heard_ns = sim_now_ns(s);
  if (op == NULL) {
    answer(connection, socket, message, "", "error:invalid request", "");
  } else if (strcmp(op, "ping") == 0) {
    pong(s, connection, socket, message);
  } else if (strcmp(op, "auth") == 0 && socket->kind != BYBIT_ON_PUBLIC) {
    sim_send_json(connection, bybit_auth(s, socket, message));
  } else if (socket->kind == BYBIT_ON_TRADE) {
    bybit_trade_message(s, connection, message);
  } else if (strcmp(op, "subscribe") == 0 || strcmp(op, "unsubscribe") == 0) {
    subscribe(s, connection, socket, message, op[0] == 's');
  } else {
    answer(connection, socket, message, op, "error:invalid op", "");
  }
  cJSON_Delete(message);
}

/* --- As time goes --- */

void bybit_stream_event(sim *s, const paper_event *event) {
  bybit_state *state = bybit_of(s);
  if (event->kind == PAPER_EVENT_BOOK) {
    state->moved[event->market] = 1;
    state->dirty = 1;
  } else if (event->kind == PAPER_EVENT_TRADE) {
    state->traded[event->market]++;
    state->dirty = 1;
  } else if (event->kind == PAPER_EVENT_ORDER && event->u.order.filled > 0 && !bourse__paper_is_open(&event->u.order)) {
    const sim_order *order = sim_order_of(&state->orders, event->u.order.id);
    if (order != NULL && order->unasked) tell_liquidation(s, &event->u.order);
  }
}

void bybit_stream_flush(sim *s) {
  bybit_state *state = bybit_of(s);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    for (int32_t d = 0; state->moved[m] && d < BYBIT_DEPTHS; d++) {
      if (!state->books[m][d].active) continue;
      state->books[m][d].active = is_wanted(s, wants_book, m, d);
      if (state->books[m][d].active) flush_book(s, m, d);
    }
    if (state->traded[m] > 0) flush_trades(s, m);
    state->moved[m] = state->traded[m] = 0;
  }
  state->dirty = 0;
}

/* What is asked for more often than messages come; the end of connections that say nothing. */
static void watch_sockets(sim *s) {
  int32_t restart = sim_fault(s, "server_restart", "");
  for (sim_connection *c = sim_next_socket(s, NULL), *next; c != NULL; c = next) {
    const bybit_socket *socket = sim_connection_state(c);
    next = sim_next_socket(s, c);
    int64_t since_ns = socket->heard_ns != 0 ? socket->heard_ns : sim_connection_opened_ns(c);
    if (restart)
      sim_send_close(c, 1001, "service restart");
    else if (sim_now_ns(s) - since_ns >= IDLE_NS)
      sim_send_close(c, 1000, "");
  }
}

void bybit_stream_tick(sim *s, int32_t new_second) {
  bybit_state *state = bybit_of(s);
  int64_t pace = sim_now_ns(s) / (100 * BYBIT_MS);
  if (sim_next_socket(s, NULL) == NULL) return;
  if (pace != state->pace)
    for (uint32_t m = 0; m < PAPER_MARKETS; m++) publish_ticker(s, m);
  state->pace = pace;
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    bybit_book *book = &state->books[m][0];
    if (!book->active || sim_now_ns(s) - book->told_ns < 3 * BYBIT_SECOND) continue;
    book->told_ns = sim_now_ns(s);
    send_all(s, book_snapshot(s, m, 0), wants_book, m, 0, 0); /* the same again */
  }
  if (!new_second) return;
  publish_candles(s);
  watch_sockets(s);
}
