/* sim/okx_stream.c - WebSocket: connections, subscriptions, public channels. Follows "WebSocket" and "Market Data" of the exchange's V5
 * documents. One address serves all paths here. */
#include "okx.h"

#define IDLE_NS      (30 * OKX_SECOND)
#define HEARTBEAT_NS (60 * OKX_SECOND)
#define MESSAGES_MAX 480 /* subscribing and the like, in an hour */

enum { DEEP = 0, FIVE, BEST };
static const uint32_t depths[OKX_BOOKS] = {400, 5, 1};
static const char *const book_names[OKX_BOOKS] = {"books", "books5", "bbo-tbt"};

enum {
  TICKERS = 0,
  TRADES,
  MARKS,
  INDEXES,
  LIMITS,
  INTERESTS,
  FUNDINGS,
  INSTRUMENTS,
  STATUS,
  LIQUIDATIONS,
  ALL_TRADES,
  PLAINS
};

typedef struct channel_row {
  const char *name;
  int32_t kind; /* which connection has it */
  int32_t type; /* 'b' book, 'p' plain, 'c' candles, 'v' of VIPs only, 'm' mine */
  int32_t which;
  int32_t of_type; /* it is of a type of instruments */
} channel_row;

static const channel_row channels[] = {
    {"books", OKX_ON_PUBLIC, 'b', DEEP, 0},
    {"books5", OKX_ON_PUBLIC, 'b', FIVE, 0},
    {"bbo-tbt", OKX_ON_PUBLIC, 'b', BEST, 0},
    {"books-l2-tbt", OKX_ON_PUBLIC, 'v', 0, 0},
    {"books50-l2-tbt", OKX_ON_PUBLIC, 'v', 0, 0},
    {"tickers", OKX_ON_PUBLIC, 'p', TICKERS, 0},
    {"trades", OKX_ON_PUBLIC, 'p', TRADES, 0},
    {"mark-price", OKX_ON_PUBLIC, 'p', MARKS, 0},
    {"index-tickers", OKX_ON_PUBLIC, 'p', INDEXES, 0},
    {"price-limit", OKX_ON_PUBLIC, 'p', LIMITS, 0},
    {"open-interest", OKX_ON_PUBLIC, 'p', INTERESTS, 0},
    {"funding-rate", OKX_ON_PUBLIC, 'p', FUNDINGS, 0},
    {"instruments", OKX_ON_PUBLIC, 'p', INSTRUMENTS, 1},
    {"status", OKX_ON_PUBLIC, 'p', STATUS, 1},
    {"liquidation-orders", OKX_ON_PUBLIC, 'p', LIQUIDATIONS, 1},
    {"trades-all", OKX_ON_BUSINESS, 'p', ALL_TRADES, 0},
    {"candle", OKX_ON_BUSINESS, 'c', 0, 0},
    {"account", OKX_ON_PRIVATE, 'm', OKX_ACCOUNT, 1},
    {"positions", OKX_ON_PRIVATE, 'm', OKX_POSITIONS, 1},
    {"balance_and_position", OKX_ON_PRIVATE, 'm', OKX_BALANCE_AND_POSITION, 1},
    {"orders", OKX_ON_PRIVATE, 'm', OKX_ORDERS, 1},
    {"fills", OKX_ON_PRIVATE, 'v', 0, 1},
    {"orders-algo", OKX_ON_BUSINESS, 'm', OKX_ALGOS, 1},
    {"algo-advance", OKX_ON_BUSINESS, 'm', OKX_ADVANCED, 1},
};
#define CHANNELS ((int32_t)(sizeof channels / sizeof channels[0]))

/* --- Connections --- */

static int32_t kind_of(const char *path) {
  static const char *const paths[] = {"", "/ws/v5/public", "/ws/v5/private", "/ws/v5/business"};
  for (int32_t i = 1; i < 4; i++)
    if (strcmp(paths[i], path) == 0) return i;
  return 0;
}

int32_t okx_upgrade(sim *s, const sim_request *request, sim_reply *reply) {
  if (kind_of(request->path) == 0) {
    sim_reply_status(reply, 404);
    sim_reply_text(reply, "text/plain", "");
    return 0;
  }
  if (sim_take(s, "okx connections", request->address, OKX_SECOND, 3, 1) <= 3) return 1;
  sim_reply_status(reply, 429);
  sim_reply_text(reply, "text/plain", "Too Many Requests");
  return 0;
}

/* The state is zeroed when a connection opens; what it is about is read off its path at the first message. */
static okx_socket *socket_of(sim *s, sim_connection *connection) {
  okx_socket *socket = sim_connection_state(connection);
  if (socket->kind != 0) return socket;
  socket->kind = kind_of(sim_connection_path(connection));
  (void)snprintf(socket->id, sizeof socket->id, "%08x", (unsigned)(sim_random(s) >> 32));
  return socket;
}

void okx_socket_closed(sim *s, sim_connection *connection) {
  okx_socket *socket = sim_connection_state(connection);
  (void)s;
  for (uint32_t i = 0; i < socket->count; i++) free(socket->topics[i].arg);
  free(socket->topics);
  socket->topics = NULL;
  socket->count = 0;
}

void okx_socket_error(sim_connection *connection, const cJSON *message, int32_t code, const char *text) {
  const okx_socket *socket = sim_connection_state(connection);
  const char *id = sim_json_text(message, "id");
  char number[16];
  cJSON *json = cJSON_CreateObject();
  if (id != NULL) cJSON_AddStringToObject(json, "id", id);
  cJSON_AddStringToObject(json, "event", "error");
  (void)snprintf(number, sizeof number, "%d", code);
  cJSON_AddStringToObject(json, "code", number);
  cJSON_AddStringToObject(json, "msg", text);
  cJSON_AddStringToObject(json, "connId", socket->id);
  sim_send_json(connection, json);
}

/* --- Sending --- */

static int32_t is_for(const okx_topic *topic, int32_t channel, int32_t market) {
  if (topic->channel != channel) return 0;
  if (market < 0 || topic->market == market) return 1;
  return topic->market < 0 && (topic->type == 0 || (topic->type == 1) == okx_is_spot((uint32_t)market));
}

static void send_topic(sim_connection *connection, const okx_topic *topic, const char *action, cJSON *data) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddRawToObject(json, "arg", topic->arg);
  if (action != NULL) cJSON_AddStringToObject(json, "action", action);
  cJSON_AddItemToObject(json, "data", data);
  sim_send_json(connection, json);
}

static int32_t channel_named(const char *name) {
  for (int32_t i = 0; i < CHANNELS; i++)
    if (strcmp(channels[i].name, name) == 0) return i;
  return -1;
}

static int32_t is_wanted(sim *s, int32_t channel, int32_t market) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const okx_socket *socket = sim_connection_state(c);
    for (uint32_t i = 0; i < socket->count; i++)
      if (is_for(&socket->topics[i], channel, market)) return 1;
  }
  return 0;
}

/* To all who have the channel for this market; takes data. */
static void publish(sim *s, int32_t channel, int32_t market, const char *action, cJSON *data, int32_t may_gap) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const okx_socket *socket = sim_connection_state(c);
    for (uint32_t i = 0; i < socket->count; i++) {
      if (!is_for(&socket->topics[i], channel, market)) continue;
      if (may_gap && sim_fault(s, "stream_gap", okx_market(s, (uint32_t)market)->about->symbol)) continue;
      send_topic(c, &socket->topics[i], action, cJSON_Duplicate(data, 1));
    }
  }
  cJSON_Delete(data);
}

static cJSON *in_list(cJSON *row) {
  cJSON *list = cJSON_CreateArray();
  cJSON_AddItemToArray(list, row);
  return list;
}

void okx_tell(sim *s, uint32_t account, int32_t which, int32_t market, cJSON *data) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const okx_socket *socket = sim_connection_state(c);
    if (socket->account == NULL || socket->account->account != account) continue;
    for (uint32_t i = 0; i < socket->count; i++) {
      const okx_topic *topic = &socket->topics[i];
      if (channels[topic->channel].type != 'm' || channels[topic->channel].which != which ||
          !is_for(topic, topic->channel, market))
        continue;
      cJSON *json = cJSON_CreateObject();
      cJSON_AddRawToObject(json, "arg", topic->arg);
      if (which == OKX_ACCOUNT || which == OKX_POSITIONS) {
        cJSON_AddStringToObject(json, "eventType", "event_update");
        sim_json_add_integer(json, "curPage", 1);
        cJSON_AddBoolToObject(json, "lastPage", 1);
      }
      cJSON_AddItemToObject(json, "data", in_list(cJSON_Duplicate(data, 1)));
      sim_send_json(c, json);
    }
  }
  cJSON_Delete(data);
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
  cJSON_AddItemToArray(row, cJSON_CreateString(okx_price(to->s, to->market, level->price)));
  cJSON_AddItemToArray(row, cJSON_CreateString(okx_size(to->s, to->market, level->amount)));
  cJSON_AddItemToArray(row, cJSON_CreateString("0"));
  cJSON_AddItemToArray(row, cJSON_CreateString(level->amount == 0 ? "0" : "1"));
  cJSON_AddItemToArray(to->sides[side], row);
}

static cJSON *book_json(sim *s, uint32_t m, int32_t d, const book_lists *lists, int64_t previous) {
  cJSON *row = cJSON_CreateObject();
  cJSON_AddItemToObject(row, "asks", lists->sides[1]);
  cJSON_AddItemToObject(row, "bids", lists->sides[0]);
  if (d != DEEP) cJSON_AddStringToObject(row, "instId", okx_market(s, m)->about->id);
  cJSON_AddStringToObject(row, "ts", okx_ms(s, sim_now_ns(s)));
  if (d == DEEP) sim_json_add_integer(row, "checksum", 0);
  sim_json_add_integer(row, "seqId", okx_of(s)->books[m][d].sequence);
  if (d == DEEP) sim_json_add_integer(row, "prevSeqId", previous);
  return in_list(row);
}

static cJSON *whole_book(sim *s, uint32_t m, int32_t d) {
  const sim_ladder *ladder = &okx_of(s)->books[m][d].ladder;
  book_lists lists = {s, m, {cJSON_CreateArray(), cJSON_CreateArray()}};
  for (int32_t side = 0; side < 2; side++)
    for (uint32_t i = 0; i < ladder->count[side]; i++) add_level(&lists, side, &ladder->levels[side][i]);
  return book_json(s, m, d, &lists, -1);
}

int64_t okx_book_sequence(sim *s, uint32_t market) { return okx_of(s)->books[market][DEEP].sequence; }

/* Numbers rise, not by one; in a maintenance they may begin again lower. */
static void flush_book(sim *s, uint32_t m, int32_t d) {
  okx_book *book = &okx_of(s)->books[m][d];
  book_lists lists = {s, m, {cJSON_CreateArray(), cJSON_CreateArray()}};
  int32_t channel = channel_named(book_names[d]), wanted = is_wanted(s, channel, (int32_t)m);
  int64_t previous = book->sequence;
  if (book->ladder.depth == 0) sim_ladder_read(s, &book->ladder, m, depths[d]);
  uint32_t changes = sim_ladder_follow(s, &book->ladder, m, SIM_LADDER_SERVER_CUTS, add_level, &lists);
  if (changes > 0) {
    book->sequence += 1 + (int64_t)(book->sequence % 3);
    book->told_ns = sim_now_ns(s);
  }
  if (changes > 0 && d == DEEP && wanted && sim_fault(s, "seq_restart", okx_market(s, m)->about->symbol))
    book->sequence = 7;
  if (changes > 0 && wanted && d == DEEP) {
    publish(s, channel, (int32_t)m, "update", book_json(s, m, d, &lists, previous), 1);
    return;
  }
  cJSON_Delete(lists.sides[0]);
  cJSON_Delete(lists.sides[1]);
  if (changes > 0 && wanted) publish(s, channel, (int32_t)m, NULL, whole_book(s, m, d), 0);
}

/* A book that does not change says once a minute that it does not. */
static void beat(sim *s) {
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    okx_book *book = &okx_of(s)->books[m][DEEP];
    if (!book->active || sim_now_ns(s) - book->told_ns < HEARTBEAT_NS) continue;
    book_lists lists = {s, m, {cJSON_CreateArray(), cJSON_CreateArray()}};
    book->told_ns = sim_now_ns(s);
    publish(s, channel_named("books"), (int32_t)m, "update", book_json(s, m, DEEP, &lists, book->sequence), 0);
  }
}

/* --- Other channels --- */

static cJSON *plain_json(sim *s, int32_t which, uint32_t m) {
  switch (which) {
    case TICKERS: return okx_ticker_json(s, m);
    case MARKS: return okx_is_spot(m) ? NULL : okx_mark_json(s, m);
    case INDEXES: return okx_is_spot(m) ? okx_index_json(s, m) : NULL;
    case LIMITS: return okx_limit_json(s, m);
    case INTERESTS: return okx_is_spot(m) ? NULL : okx_interest_json(s, m);
    case FUNDINGS: return okx_is_spot(m) ? NULL : okx_funding_json(s, m);
    case INSTRUMENTS: return okx_instrument_json(s, m);
    default: return NULL;
  }
}

static void flush_trades(sim *s, uint32_t m) {
  uint32_t total = sim_trade_count(s, m), count = (uint32_t)okx_of(s)->traded[m];
  if (count > total) count = total;
  for (uint32_t i = total - count; i < total; i++) {
    const paper_trade *trade = sim_trade_at(s, m, i);
    publish(s, channel_named("trades"), (int32_t)m, NULL, in_list(okx_trade_json(s, trade, 1)), 0);
    publish(s, channel_named("trades-all"), (int32_t)m, NULL, in_list(okx_trade_json(s, trade, 0)), 0);
  }
}

static void publish_plain(sim *s, const char *name, int32_t which) {
  int32_t channel = channel_named(name);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    if (!is_wanted(s, channel, (int32_t)m)) continue;
    cJSON *row = plain_json(s, which, m);
    if (row != NULL) publish(s, channel, (int32_t)m, NULL, in_list(row), 0);
  }
}

/* Of a span that has just ended first its last state, then that of the new one. */
static void publish_candles(sim *s) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    okx_socket *socket = sim_connection_state(c);
    for (uint32_t i = 0; i < socket->count; i++) {
      okx_topic *topic = &socket->topics[i];
      if (channels[topic->channel].type != 'c') continue;
      int64_t open_ns = okx_candle_open(topic->interval, sim_now_ns(s));
      if (topic->open_ns != open_ns)
        send_topic(c, topic, NULL,
                   in_list(okx_candle_json(s, (uint32_t)topic->market, topic->interval, topic->open_ns)));
      topic->open_ns = open_ns;
      send_topic(c, topic, NULL, in_list(okx_candle_json(s, (uint32_t)topic->market, topic->interval, open_ns)));
    }
  }
}

static void tell_liquidation(sim *s, const paper_order *order) {
  cJSON *row = cJSON_CreateObject(), *detail = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "instType", "SWAP");
  cJSON_AddStringToObject(row, "instId", okx_market(s, order->market)->about->id);
  cJSON_AddStringToObject(row, "instFamily", okx_contracts[order->market].family);
  cJSON_AddStringToObject(row, "uly", okx_contracts[order->market].family);
  cJSON_AddStringToObject(detail, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(detail, "posSide", order->side == BOURSE_SIDE_BUY ? "short" : "long");
  cJSON_AddStringToObject(detail, "bkPx", okx_price(s, order->market, okx_market(s, order->market)->last));
  cJSON_AddStringToObject(detail, "bkLoss", "0");
  cJSON_AddStringToObject(detail, "sz", okx_size(s, order->market, order->filled));
  cJSON_AddStringToObject(detail, "ccy", "");
  cJSON_AddStringToObject(detail, "ts", okx_ms(s, sim_now_ns(s)));
  cJSON_AddItemToArray(cJSON_AddArrayToObject(row, "details"), detail);
  publish(s, channel_named("liquidation-orders"), (int32_t)order->market, NULL, in_list(row), 0);
}

/* --- Subscriptions --- */

static char *arg_text(const cJSON *arg) {
  cJSON *again = sim_json_again(arg);
  char *printed = cJSON_PrintUnformatted(again), *text = printed == NULL ? NULL : strdup(printed);
  if (text == NULL) abort();
  cJSON_free(printed);
  cJSON_Delete(again);
  return text;
}

/* The index of a topic as it was sent before, of the same channel, market and span; -1: none. */
static int64_t topic_at(const okx_socket *socket, const okx_topic *topic) {
  for (uint32_t i = 0; i < socket->count; i++) {
    const okx_topic *other = &socket->topics[i];
    if (other->channel == topic->channel && other->market == topic->market && other->type == topic->type &&
        other->interval == topic->interval)
      return i;
  }
  return -1;
}

/* 0, or the error's code with its text. */
static int32_t read_topic(const okx_socket *socket, const cJSON *arg, okx_topic *topic, char text[256]) {
  const char *name = sim_json_text(arg, "channel"), *id = sim_json_text(arg, "instId"),
             *type = sim_json_text(arg, "instType");
  int32_t candles = name != NULL && strncmp(name, "candle", 6) == 0;
  memset(topic, 0, sizeof *topic);
  topic->market = -1;
  topic->channel = name == NULL ? -1 : channel_named(candles ? "candle" : name);
  if (candles) topic->interval = okx_interval_of(name + 6);
  if (topic->channel < 0 || topic->interval < 0 || (candles && name[6] == '\0')) {
    (void)snprintf(text, 256, "Invalid request: channel %.40s doesn't exist", name == NULL ? "" : name);
    return 60018;
  }
  const channel_row *row = &channels[topic->channel];
  if (row->kind != socket->kind) {
    (void)snprintf(text, 256,
                   "Wrong URL or channel:%.40s doesn't exist. Please use the correct URL, channel and parameters "
                   "referring to API document.",
                   name);
    return 60018;
  }
  if (row->type == 'v') {
    (void)snprintf(text, 256,
                   "Only users who are VIP5 and above in trading fee tier are allowed to subscribe to %.40s channel",
                   name);
    return 60030;
  }
  if (row->type == 'm' && socket->account == NULL) {
    (void)snprintf(text, 256, "Please log in");
    return 60011;
  }
  if (id != NULL && row->which == INDEXES && row->type == 'p')
    for (uint32_t m = 0; m < OKX_SPOT_MARKETS; m++)
      if (strcmp(okx_contracts[m].family, id) == 0) topic->market = (int32_t)m;
  if (id != NULL && topic->market < 0) topic->market = okx_market_of(id);
  if (topic->market < 0 && (id != NULL || !row->of_type)) {
    (void)snprintf(text, 256,
                   "Wrong URL or channel:%.40s,instId:%.40s doesn't exist. Please use the correct URL, channel and "
                   "parameters referring to API document.",
                   name, id == NULL ? "" : id);
    return 60018;
  }
  if (type != NULL)
    topic->type = strcmp(type, "SPOT") == 0 ? 1 : strcmp(type, "SWAP") == 0 ? 2 : strcmp(type, "ANY") == 0 ? 0 : 3;
  return 0;
}

static void tell_first(sim *s, sim_connection *connection, const okx_topic *topic) {
  const channel_row *row = &channels[topic->channel];
  uint32_t m = (uint32_t)topic->market;
  if (row->type == 'b') {
    okx_book *book = &okx_of(s)->books[m][row->which];
    if (!book->active) sim_ladder_read(s, &book->ladder, m, depths[row->which]);
    if (!book->active) book->told_ns = sim_now_ns(s);
    book->active = 1;
    send_topic(connection, topic, row->which == DEEP ? "snapshot" : NULL, whole_book(s, m, row->which));
  } else if (row->type == 'c') {
    send_topic(connection, topic, NULL, in_list(okx_candle_json(s, m, topic->interval, topic->open_ns)));
  } else if (row->type == 'm') {
    okx_tell_first(s, connection, topic, row->which);
  } else {
    cJSON *list = cJSON_CreateArray();
    for (uint32_t i = 0; i < PAPER_MARKETS; i++) {
      cJSON *one = is_for(topic, topic->channel, (int32_t)i) ? plain_json(s, row->which, i) : NULL;
      if (one != NULL) cJSON_AddItemToArray(list, one);
    }
    if (cJSON_GetArraySize(list) > 0)
      send_topic(connection, topic, NULL, list);
    else
      cJSON_Delete(list);
  }
}

static void subscribe_one(sim *s, sim_connection *connection, okx_socket *socket, const cJSON *message,
                          const cJSON *arg, int32_t on) {
  okx_topic topic;
  char text[256];
  const char *id = sim_json_text(message, "id");
  int32_t code = read_topic(socket, arg, &topic, text);
  if (code != 0) {
    okx_socket_error(connection, message, code, text);
    return;
  }
  int64_t at = topic_at(socket, &topic);
  topic.arg = arg_text(arg);
  topic.open_ns = channels[topic.channel].type == 'c' ? okx_candle_open(topic.interval, sim_now_ns(s)) : 0;
  cJSON *json = cJSON_CreateObject();
  if (id != NULL) cJSON_AddStringToObject(json, "id", id);
  cJSON_AddStringToObject(json, "event", on ? "subscribe" : "unsubscribe");
  cJSON_AddRawToObject(json, "arg", topic.arg);
  cJSON_AddStringToObject(json, "connId", socket->id);
  sim_send_json(connection, json);
  if (at >= 0) {
    free(socket->topics[at].arg);
    socket->topics[at] = socket->topics[--socket->count];
  }
  if (!on) {
    free(topic.arg);
    return;
  }
  okx_topic *grown = realloc(socket->topics, (socket->count + 1) * sizeof *grown);
  if (grown == NULL) abort();
  socket->topics = grown;
  socket->topics[socket->count++] = topic;
  tell_first(s, connection, &socket->topics[socket->count - 1]);
}

void okx_message(sim *s, sim_connection *connection, const char *text, size_t length) {
  okx_socket *socket = socket_of(s, connection);
  socket->heard_ns = sim_now_ns(s);
  if (length == 4 && memcmp(text, "ping", 4) == 0) {
    sim_send_text(connection, "pong");
    return;
  }
  cJSON *message = sim_json_parse(text, length);
  const char *op = sim_json_text(message, "op");
  const cJSON *args = cJSON_GetObjectItemCaseSensitive(message, "args"), *arg;
  char refusal[160];
  int32_t turns = op != NULL && (strcmp(op, "subscribe") == 0 || strcmp(op, "unsubscribe") == 0),
          logs_in = op != NULL && strcmp(op, "login") == 0;
  (void)snprintf(refusal, sizeof refusal, "Invalid request: %.*s", (int)(length < 120 ? length : 120), text);
  if (op == NULL || !cJSON_IsArray(args) || args->child == NULL) {
    okx_socket_error(connection, message, 60012, refusal);
  } else if ((turns || logs_in) &&
             sim_take(s, "okx messages", socket->id, 3600 * OKX_SECOND, MESSAGES_MAX, 1) > MESSAGES_MAX) {
    okx_socket_error(connection, message, 60014, "Requests too frequent");
  } else if (turns) {
    okx_stream_flush(s); /* so that what is told from now on follows the first state */
    cJSON_ArrayForEach(arg, args) subscribe_one(s, connection, socket, message, arg, op[0] == 's');
  } else if (logs_in) {
    (void)okx_login(s, connection, socket, message);
  } else {
    okx_operate(s, connection, socket, message);
  }
  cJSON_Delete(message);
}

/* --- As time goes --- */

void okx_stream_event(sim *s, const paper_event *event) {
  okx_state *state = okx_of(s);
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

void okx_stream_flush(sim *s) {
  okx_state *state = okx_of(s);
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    for (int32_t d = 0; state->moved[m] && d < OKX_BOOKS; d++)
      if (state->books[m][d].active || d == DEEP) flush_book(s, m, d); /* requests tell the number too */
    if (state->traded[m] > 0) flush_trades(s, m);
    state->moved[m] = state->traded[m] = 0;
  }
  state->dirty = 0;
}

static void watch_sockets(sim *s) {
  int32_t restart = sim_fault(s, "server_restart", ""), notice = sim_fault(s, "notice", "");
  for (sim_connection *c = sim_next_socket(s, NULL), *next; c != NULL; c = next) {
    okx_socket *socket = sim_connection_state(c);
    next = sim_next_socket(s, c);
    int64_t since_ns = socket->heard_ns != 0 ? socket->heard_ns : sim_connection_opened_ns(c);
    int32_t quiet = socket->count == 0; /* what is told counts as traffic too */
    if (notice && socket->kind != 0) {
      cJSON *json = cJSON_CreateObject();
      cJSON_AddStringToObject(json, "event", "notice");
      cJSON_AddStringToObject(json, "code", "64008");
      cJSON_AddStringToObject(json, "msg",
                              "The connection will soon be closed for a service upgrade. Please reconnect.");
      cJSON_AddStringToObject(json, "connId", socket->id);
      sim_send_json(c, json);
    }
    if (restart)
      sim_send_close(c, 1001, "");
    else if (sim_now_ns(s) - since_ns >= (quiet ? IDLE_NS : 2 * IDLE_NS))
      sim_send_close(c, 4004, "No data received in 30s.");
  }
}

void okx_stream_tick(sim *s, int32_t new_second) {
  okx_state *state = okx_of(s);
  int64_t pace = sim_now_ns(s) / (100 * OKX_MS);
  if (sim_next_socket(s, NULL) == NULL) return;
  if (pace != state->pace) publish_plain(s, "tickers", TICKERS);
  state->pace = pace;
  if (!new_second) return;
  publish_candles(s);
  publish_plain(s, "mark-price", MARKS);
  publish_plain(s, "index-tickers", INDEXES);
  if (state->second % 3 == 0) publish_plain(s, "open-interest", INTERESTS);
  if (state->second % 5 == 0) publish_plain(s, "price-limit", LIMITS);
  if (state->second % 60 == 0) publish_plain(s, "funding-rate", FUNDINGS);
  beat(s);
  watch_sockets(s);
}
