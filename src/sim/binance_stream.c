/* sim/binance_stream.c - market streams of spot. Follows "WebSocket Streams" of the exchange's spot documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binance.h"

enum {
  FEED_NONE = 0, /* a name that is none: acknowledged, and silent */
  FEED_TRADE,
  FEED_AGGREGATE,
  FEED_DEPTH,
  FEED_PARTIAL,
  FEED_BEST,
  FEED_TICKER,
  FEED_MINI,
  FEED_ALL_MINI,
  FEED_CANDLE,
  FEED_AVERAGE
};

#define TOPICS_MAX   1024
#define PING_NS      (20 * BINANCE_SECOND)
#define PONG_NS      (60 * BINANCE_SECOND)
#define SHUTDOWN_NS  (10 * BINANCE_SECOND)
#define MESSAGES_MAX 5 /* a second */
#define CONNECTS_MAX 300
#define CONNECTS_NS  (300 * BINANCE_SECOND)

/* --- Names --- */

static int32_t market_of_name(const char *name, size_t length) {
  char symbol[32];
  if (length >= sizeof symbol) return -1;
  for (size_t i = 0; i < length; i++) symbol[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 32 : name[i]);
  symbol[length] = '\0';
  return binance_market_of(symbol);
}

/* "depth", "depth@100ms", "depth5", "depth10@100ms" */
static void read_depth(binance_topic *topic, const char *rest) {
  char *end;
  topic->levels = (int32_t)strtol(rest, &end, 10);
  topic->slow = *end == '\0';
  if (*end != '\0' && strcmp(end, "@100ms") != 0 && strcmp(end, "@1000ms") != 0) return;
  if (strcmp(end, "@1000ms") == 0) topic->slow = 1;
  if (end == rest)
    topic->feed = FEED_DEPTH;
  else if (topic->levels == 5 || topic->levels == 10 || topic->levels == 20)
    topic->feed = FEED_PARTIAL;
}

static void read_name(binance_topic *topic, const char *name) {
  static const struct {
    const char *name;
    int32_t feed;
  } feeds[] = {{"trade", FEED_TRADE},   {"aggTrade", FEED_AGGREGATE}, {"bookTicker", FEED_BEST},
               {"ticker", FEED_TICKER}, {"miniTicker", FEED_MINI},    {"avgPrice", FEED_AVERAGE}};
  const char *at = strchr(name, '@');
  memset(topic, 0, sizeof *topic);
  topic->market = -1;
  topic->name = strdup(name);
  if (topic->name == NULL) abort();
  if (strcmp(name, "!miniTicker@arr") == 0) topic->feed = FEED_ALL_MINI;
  if (at == NULL || name[0] == '!') return;
  topic->market = market_of_name(name, (size_t)(at - name));
  if (topic->market < 0) return;
  at++;
  for (size_t i = 0; i < sizeof feeds / sizeof feeds[0]; i++)
    if (strcmp(feeds[i].name, at) == 0) topic->feed = feeds[i].feed;
  if (strncmp(at, "depth", 5) == 0) read_depth(topic, at + 5);
  if (strncmp(at, "kline_", 6) == 0) {
    topic->interval = binance_interval_of(at + 6);
    if (topic->interval != NULL) topic->feed = FEED_CANDLE;
  }
}

static int64_t topic_index(const binance_socket *socket, const char *name) {
  for (uint32_t i = 0; i < socket->topic_count; i++)
    if (strcmp(socket->topics[i].name, name) == 0) return i;
  return -1;
}

void binance_add_topic(binance_socket *socket, const char *name) {
  if (topic_index(socket, name) >= 0 || socket->topic_count >= TOPICS_MAX) return;
  socket->topics = realloc(socket->topics, (socket->topic_count + 1) * sizeof *socket->topics);
  if (socket->topics == NULL) abort();
  if (socket->kind == BINANCE_STREAMS_USDM)
    binance_usdm_read_name(&socket->topics[socket->topic_count++], name, socket->path_class);
  else
    read_name(&socket->topics[socket->topic_count++], name);
}

static void drop_topic(binance_socket *socket, const char *name) {
  int64_t index = topic_index(socket, name);
  if (index < 0) return;
  free(socket->topics[index].name);
  socket->topic_count--;
  memmove(&socket->topics[index], &socket->topics[index + 1],
          (socket->topic_count - (uint32_t)index) * sizeof *socket->topics);
}

/* --- Opening and closing --- */

int32_t binance_stream_upgrade(sim *s, const sim_request *request, sim_reply *reply) {
  binance_socket *socket = sim_connection_state(request->connection);
  const char *path = request->path, *limits = sim_query(request, "returnRateLimits");
  socket->pinged_ns = socket->pong_ns = sim_now_ns(s);
  if (sim_take(s, "connections", request->address, CONNECTS_NS, CONNECTS_MAX, 1) > CONNECTS_MAX) {
    sim_reply_status(reply, 429);
    return 0;
  }
  if (sim_banned_until_ns(s, request->address) != 0 || sim_fault(s, "maintenance", path)) {
    sim_reply_status(reply, sim_banned_until_ns(s, request->address) != 0 ? 418 : 503);
    return 0;
  }
  if (binance_usdm_upgrade(s, request, socket)) return 1;
  if (strcmp(path, "/ws-api/v3") == 0) {
    socket->kind = BINANCE_MESSAGES_SPOT;
    socket->no_rate_limits = limits != NULL && strcmp(limits, "false") == 0;
    (void)sim_take(s, "weight", request->address, BINANCE_MINUTE, INT64_MAX, 2);
    return 1;
  }
  socket->kind = BINANCE_STREAMS_SPOT;
  if (strcmp(path, "/stream") == 0) {
    char names[4096];
    const char *list = sim_query(request, "streams");
    socket->combined = 1;
    (void)snprintf(names, sizeof names, "%s", list == NULL ? "" : list);
    for (char *rest = names, *name; (name = strsep(&rest, "/")) != NULL;)
      if (name[0] != '\0') binance_add_topic(socket, name);
    return 1;
  }
  if (strcmp(path, "/ws") == 0 || strncmp(path, "/ws/", 4) == 0) {
    char names[4096];
    (void)snprintf(names, sizeof names, "%s", path[3] == '/' ? path + 4 : "");
    for (char *rest = names, *name; (name = strsep(&rest, "/")) != NULL;)
      if (name[0] != '\0') binance_add_topic(socket, name);
    return 1;
  }
  sim_reply_status(reply, 404);
  return 0;
}

void binance_socket_closed(sim *s, sim_connection *connection) {
  binance_socket *socket = sim_connection_state(connection);
  (void)s;
  for (uint32_t i = 0; i < socket->topic_count; i++) free(socket->topics[i].name);
  free(socket->topics);
  socket->topics = NULL;
  socket->topic_count = 0;
}

/* --- What clients say --- */

static void answer(sim_connection *connection, const cJSON *id, cJSON *result) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddItemToObject(json, "result", result);
  cJSON_AddItemToObject(json, "id", id != NULL ? sim_json_again(id) : cJSON_CreateNull());
  sim_send_json(connection, json);
}

static void refuse(sim_connection *connection, const cJSON *id, int32_t code, const char *text) {
  cJSON *json = binance_error(code, text);
  if (id != NULL) cJSON_AddItemToObject(json, "id", sim_json_again(id));
  sim_send_json(connection, json);
}

static int32_t is_text_list(const cJSON *params) {
  const cJSON *item;
  if (!cJSON_IsArray(params) || params->child == NULL) return 0;
  cJSON_ArrayForEach(item, params) {
    if (!cJSON_IsString(item) || sim_json_is_number(item)) return 0;
  }
  return 1;
}

static void list_topics(sim_connection *connection, const binance_socket *socket, const cJSON *id) {
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = 0; i < socket->topic_count; i++)
    cJSON_AddItemToArray(list, cJSON_CreateString(socket->topics[i].name));
  answer(connection, id, list);
}

static void property(sim_connection *connection, binance_socket *socket, const cJSON *id, const cJSON *params,
                     int32_t sets) {
  const char *name = sim_json_item_text(cJSON_GetArrayItem(params, 0));
  const cJSON *value = cJSON_GetArrayItem(params, 1);
  if (name == NULL) {
    refuse(connection, id, 2, "Invalid request: property name must be a string");
  } else if (strcmp(name, "combined") != 0) {
    refuse(connection, id, 0, "Unknown property");
  } else if (sets && !cJSON_IsBool(value)) {
    refuse(connection, id, 1, "Invalid value type: expected Boolean");
  } else {
    if (sets) socket->combined = cJSON_IsTrue(value);
    answer(connection, id, sets ? cJSON_CreateNull() : cJSON_CreateBool(socket->combined));
  }
}

/* 5 messages a second (10 on futures), pings and pongs among them; who sends more is cut off. */
static int32_t count_message(sim *s, sim_connection *connection) {
  binance_socket *socket = sim_connection_state(connection);
  int64_t second = sim_now_ns(s) / BINANCE_SECOND;
  if (socket->second != second) socket->messages = 0;
  socket->second = second;
  if (++socket->messages <= (socket->kind == BINANCE_STREAMS_SPOT ? MESSAGES_MAX : 2 * MESSAGES_MAX)) return 1;
  (void)sim_take(s, "stream messages", sim_connection_address(connection), BINANCE_SECOND, 0, 1);
  sim_send_close(connection, 1008, "Too many requests");
  return 0;
}

void binance_stream_message(sim *s, sim_connection *connection, const char *text, size_t length) {
  binance_socket *socket = sim_connection_state(connection);
  if (!count_message(s, connection)) return;
  cJSON *tree = sim_json_parse(text, length);
  const cJSON *id = cJSON_GetObjectItemCaseSensitive(tree, "id"),
              *params = cJSON_GetObjectItemCaseSensitive(tree, "params"), *item;
  const char *method = sim_json_text(tree, "method");
  int32_t on = method != NULL && strcmp(method, "SUBSCRIBE") == 0,
          off = method != NULL && strcmp(method, "UNSUBSCRIBE") == 0;
  if (tree == NULL) {
    refuse(connection, NULL, 3, "Invalid JSON: expected value at line 1 column 1");
  } else if (method == NULL) {
    refuse(connection, id, 2, "Invalid request: missing field `method` at line 1 column 1");
  } else if (on || off) {
    if (!is_text_list(params)) {
      refuse(connection, id, 2, "Invalid request: params must be a list of stream names");
    } else {
      cJSON_ArrayForEach(item, params) {
        if (socket->kind == BINANCE_USER_USDM)
          binance_usdm_set_key(s, socket, on ? item->valuestring : NULL);
        else if (on)
          binance_add_topic(socket, item->valuestring);
        else
          drop_topic(socket, item->valuestring);
      }
      answer(connection, id, cJSON_CreateNull());
    }
  } else if (strcmp(method, "LIST_SUBSCRIPTIONS") == 0) {
    list_topics(connection, socket, id);
  } else if (strcmp(method, "SET_PROPERTY") == 0 || strcmp(method, "GET_PROPERTY") == 0) {
    property(connection, socket, id, params, method[0] == 'S');
  } else {
    refuse(connection, id, 2,
           "Invalid request: unknown variant, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, "
           "`SET_PROPERTY`, `GET_PROPERTY` at line 1 column 1");
  }
  cJSON_Delete(tree);
}

/* --- Sending --- */

void binance_send_topic(sim *s, sim_connection *connection, const binance_topic *topic, cJSON *data) {
  const binance_socket *socket = sim_connection_state(connection);
  if (sim_fault(s, "stream_silent", topic->name) ||
      (strstr(topic->name, "@depth") != NULL && sim_fault(s, "stream_gap", topic->name))) {
    cJSON_Delete(data);
    return;
  }
  if (socket->combined) {
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "stream", topic->name);
    cJSON_AddItemToObject(json, "data", data);
    data = json;
  }
  sim_send_json(connection, data);
}

typedef cJSON *(*writer)(sim *s, const binance_topic *topic, const void *what);

/* To each subscription of a feed. market -1: whatever market; pace -1: whatever pace. */
static void publish(sim *s, int32_t feed, int32_t market, int32_t slow, writer write, const void *what) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    binance_socket *socket = sim_connection_state(c);
    if (socket->kind != BINANCE_STREAMS_SPOT) continue;
    for (uint32_t i = 0; i < socket->topic_count; i++) {
      binance_topic *topic = &socket->topics[i];
      if (topic->feed != feed || (market >= 0 && topic->market != market) || (slow >= 0 && topic->slow != slow))
        continue;
      cJSON *json = write(s, topic, what);
      if (json != NULL) binance_send_topic(s, c, topic, json);
    }
  }
}

static cJSON *event_json(sim *s, const char *type, int32_t market) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "e", type);
  sim_json_add_integer(json, "E", sim_clock_ns(s) / BINANCE_MS);
  if (market >= 0) cJSON_AddStringToObject(json, "s", bourse__paper_market(sim_engine(s), (uint32_t)market)->about->id);
  return json;
}

static cJSON *write_trade(sim *s, const binance_topic *topic, const void *what) {
  const paper_trade *trade = what;
  int32_t aggregate = topic->feed == FEED_AGGREGATE;
  cJSON *json = event_json(s, aggregate ? "aggTrade" : "trade", topic->market);
  sim_json_add_integer(json, aggregate ? "a" : "t", (int64_t)trade->id);
  cJSON_AddStringToObject(json, "p", binance_price(s, trade->market, trade->price));
  cJSON_AddStringToObject(json, "q", binance_amount(s, trade->market, trade->amount));
  if (aggregate) {
    sim_json_add_integer(json, "f", (int64_t)trade->id);
    sim_json_add_integer(json, "l", (int64_t)trade->id);
  }
  sim_json_add_integer(json, "T", trade->time_ns / BINANCE_MS);
  cJSON_AddBoolToObject(json, "m", trade->side == BOURSE_SIDE_SELL);
  cJSON_AddBoolToObject(json, "M", 1);
  return json;
}

void binance_add_change(binance_diff *diff, int32_t side, int64_t price, uint64_t update_id) {
  if (diff->count[0] + diff->count[1] == 0) diff->first = update_id;
  for (uint32_t i = 0; i < diff->count[side]; i++)
    if (diff->prices[side][i] == price) return;
  if (diff->count[side] == diff->capacity[side]) {
    diff->capacity[side] = diff->capacity[side] == 0 ? 64 : diff->capacity[side] * 2;
    diff->prices[side] = realloc(diff->prices[side], diff->capacity[side] * sizeof(int64_t));
    if (diff->prices[side] == NULL) abort();
  }
  diff->prices[side][diff->count[side]++] = price;
}

void binance_stream_event(sim *s, const paper_event *event) {
  binance_state *state = binance_state_of(s);
  if (event->kind == PAPER_EVENT_TRADE) {
    if (event->market >= BINANCE_SPOT_MARKETS) return;
    publish(s, FEED_TRADE, (int32_t)event->market, -1, write_trade, &event->u.trade);
    publish(s, FEED_AGGREGATE, (int32_t)event->market, -1, write_trade, &event->u.trade);
  } else if (event->kind == PAPER_EVENT_BOOK && event->market < BINANCE_SPOT_MARKETS) {
    for (int32_t pace = 0; pace < BINANCE_PACES; pace++)
      binance_add_change(&state->books[event->market].diffs[pace], event->u.book.side == BOURSE_SIDE_BUY ? 0 : 1,
                         event->u.book.price, event->u.book.update_id);
    state->dirty = 1;
  }
}

static cJSON *level_json(sim *s, uint32_t market, int64_t price, int64_t amount) {
  cJSON *row = cJSON_CreateArray();
  cJSON_AddItemToArray(row, cJSON_CreateString(binance_price(s, market, price)));
  cJSON_AddItemToArray(row, cJSON_CreateString(binance_amount(s, market, amount)));
  return row;
}

cJSON *binance_changes_json(sim *s, uint32_t index, const binance_diff *diff, int32_t side) {
  const paper_market *market = bourse__paper_market(sim_engine(s), index);
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = 0; i < diff->count[side]; i++)
    cJSON_AddItemToArray(
        list, level_json(s, index, diff->prices[side][i],
                         sim_visible(market, side == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL, diff->prices[side][i])));
  return list;
}

static cJSON *write_depth(sim *s, const binance_topic *topic, const void *what) {
  const binance_diff *diff = what;
  cJSON *json = event_json(s, "depthUpdate", topic->market);
  sim_json_add_integer(json, "U", (int64_t)diff->first);
  sim_json_add_integer(json, "u", (int64_t)diff->last);
  cJSON_AddItemToObject(json, "b", binance_changes_json(s, (uint32_t)topic->market, diff, 0));
  cJSON_AddItemToObject(json, "a", binance_changes_json(s, (uint32_t)topic->market, diff, 1));
  return json;
}

static cJSON *write_partial(sim *s, const binance_topic *topic, const void *what) {
  const paper_market *market = bourse__paper_market(sim_engine(s), (uint32_t)topic->market);
  cJSON *json = cJSON_CreateObject();
  (void)what;
  sim_json_add_integer(json, "lastUpdateId", (int64_t)market->update_id);
  for (int32_t side = 0; side < 2; side++) {
    const paper_side *levels = &market->sides[side];
    cJSON *list = cJSON_CreateArray();
    for (uint32_t i = levels->count, n = 0; i > 0 && n < (uint32_t)topic->levels; i--, n++)
      cJSON_AddItemToArray(list,
                           level_json(s, market->index, levels->levels[i - 1].price, levels->levels[i - 1].visible));
    cJSON_AddItemToObject(json, side == 0 ? "bids" : "asks", list);
  }
  return json;
}

static cJSON *write_best(sim *s, const binance_topic *topic, const void *what) {
  const paper_market *market = bourse__paper_market(sim_engine(s), (uint32_t)topic->market);
  const int64_t *best = what;
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "u", (int64_t)market->update_id);
  cJSON_AddStringToObject(json, "s", market->about->id);
  cJSON_AddStringToObject(json, "b", binance_price(s, market->index, best[0]));
  cJSON_AddStringToObject(json, "B", binance_amount(s, market->index, best[1]));
  cJSON_AddStringToObject(json, "a", binance_price(s, market->index, best[2]));
  cJSON_AddStringToObject(json, "A", binance_amount(s, market->index, best[3]));
  return json;
}

static cJSON *mini_json(sim *s, int32_t market) {
  binance_ticker t = binance_ticker_of(s, (uint32_t)market);
  cJSON *json = event_json(s, "24hrMiniTicker", market);
  cJSON_AddStringToObject(json, "c", binance_price(s, (uint32_t)market, t.close));
  cJSON_AddStringToObject(json, "o", binance_price(s, (uint32_t)market, t.open));
  cJSON_AddStringToObject(json, "h", binance_price(s, (uint32_t)market, t.high));
  cJSON_AddStringToObject(json, "l", binance_price(s, (uint32_t)market, t.low));
  sim_json_add_money(json, "v", t.volume, BINANCE_PLACES);
  sim_json_add_money(json, "q", t.quote, BINANCE_PLACES);
  return json;
}

static cJSON *write_mini(sim *s, const binance_topic *topic, const void *what) {
  (void)what;
  if (topic->feed == FEED_MINI) return mini_json(s, topic->market);
  cJSON *list = cJSON_CreateArray();
  for (int32_t i = 0; i < BINANCE_SPOT_MARKETS; i++) cJSON_AddItemToArray(list, mini_json(s, i));
  return list;
}

static cJSON *write_ticker(sim *s, const binance_topic *topic, const void *what) {
  uint32_t market = (uint32_t)topic->market;
  binance_ticker t = binance_ticker_of(s, market);
  cJSON *json = event_json(s, "24hrTicker", topic->market);
  (void)what;
  cJSON_AddStringToObject(json, "p", t.change);
  cJSON_AddStringToObject(json, "P", t.percent);
  cJSON_AddStringToObject(json, "w", t.average);
  cJSON_AddStringToObject(json, "x", binance_price(s, market, t.open));
  cJSON_AddStringToObject(json, "c", binance_price(s, market, t.close));
  cJSON_AddStringToObject(json, "Q", binance_amount(s, market, t.last_amount));
  cJSON_AddStringToObject(json, "b", binance_price(s, market, t.bid));
  cJSON_AddStringToObject(json, "B", binance_amount(s, market, t.bid_amount));
  cJSON_AddStringToObject(json, "a", binance_price(s, market, t.ask));
  cJSON_AddStringToObject(json, "A", binance_amount(s, market, t.ask_amount));
  cJSON_AddStringToObject(json, "o", binance_price(s, market, t.open));
  cJSON_AddStringToObject(json, "h", binance_price(s, market, t.high));
  cJSON_AddStringToObject(json, "l", binance_price(s, market, t.low));
  sim_json_add_money(json, "v", t.volume, BINANCE_PLACES);
  sim_json_add_money(json, "q", t.quote, BINANCE_PLACES);
  sim_json_add_integer(json, "O", t.open_ns / BINANCE_MS);
  sim_json_add_integer(json, "C", t.close_ns / BINANCE_MS);
  sim_json_add_integer(json, "F", (int64_t)t.first_id);
  sim_json_add_integer(json, "L", (int64_t)t.last_id);
  sim_json_add_integer(json, "n", t.count);
  return json;
}

static cJSON *candle_json(sim *s, const binance_topic *topic, int64_t open_ns, int32_t closed) {
  uint32_t market = (uint32_t)topic->market;
  paper_bar bar = binance_bar(s, market, topic->interval, open_ns);
  cJSON *json = event_json(s, "kline", topic->market), *k = cJSON_CreateObject();
  sim_json_add_integer(k, "t", open_ns / BINANCE_MS);
  sim_json_add_integer(k, "T", sim_candle_next(topic->interval, open_ns) / BINANCE_MS - 1);
  cJSON_AddStringToObject(k, "s", bourse__paper_market(sim_engine(s), market)->about->id);
  cJSON_AddStringToObject(k, "i", topic->interval->name);
  sim_json_add_integer(k, "f", -1);
  sim_json_add_integer(k, "L", -1);
  cJSON_AddStringToObject(k, "o", binance_price(s, market, bar.open));
  cJSON_AddStringToObject(k, "c", binance_price(s, market, bar.close));
  cJSON_AddStringToObject(k, "h", binance_price(s, market, bar.high));
  cJSON_AddStringToObject(k, "l", binance_price(s, market, bar.low));
  sim_json_add_money(k, "v", bar.volume, BINANCE_PLACES);
  sim_json_add_integer(k, "n", bar.count);
  cJSON_AddBoolToObject(k, "x", closed);
  sim_json_add_money(k, "q", bar.quote, BINANCE_PLACES);
  sim_json_add_money(k, "V", bar.taker_volume, BINANCE_PLACES);
  sim_json_add_money(k, "Q", bar.taker_quote, BINANCE_PLACES);
  cJSON_AddStringToObject(k, "B", "0");
  cJSON_AddItemToObject(json, "k", k);
  return json;
}

/* A candle that has ended is told once more, as closed, before the next one is. */
/* The candle that is under way, and before it the last one once more when that has closed. */
void binance_publish_candles(sim *s, int32_t kind, int32_t feed, binance_topic_writer write) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    binance_socket *socket = sim_connection_state(c);
    for (uint32_t i = 0; socket->kind == kind && i < socket->topic_count; i++) {
      binance_topic *topic = &socket->topics[i];
      if (topic->feed != feed) continue;
      int64_t open_ns = sim_candle_open(topic->interval, sim_now_ns(s));
      if (topic->open_ns != 0 && topic->open_ns != open_ns)
        binance_send_topic(s, c, topic, write(s, topic, topic->open_ns, 1));
      topic->open_ns = open_ns;
      binance_send_topic(s, c, topic, write(s, topic, open_ns, 0));
    }
  }
}

static cJSON *write_average(sim *s, const binance_topic *topic, const void *what) {
  const paper_market *market = bourse__paper_market(sim_engine(s), (uint32_t)topic->market);
  cJSON *json = event_json(s, "avgPrice", topic->market);
  (void)what;
  cJSON_AddStringToObject(json, "i", "5m");
  cJSON_AddStringToObject(json, "w", binance_price(s, market->index, market->last));
  sim_json_add_integer(json, "T", market->last_ns / BINANCE_MS);
  return json;
}

/* --- Time --- */

static void flush_books(sim *s, int32_t slow) {
  binance_state *state = binance_state_of(s);
  for (uint32_t m = 0; m < BINANCE_SPOT_MARKETS; m++) {
    binance_diff *diff = &state->books[m].diffs[slow];
    if (diff->count[0] + diff->count[1] == 0) continue;
    diff->last = bourse__paper_market(sim_engine(s), m)->update_id;
    publish(s, FEED_DEPTH, (int32_t)m, slow, write_depth, diff);
    publish(s, FEED_PARTIAL, (int32_t)m, slow, write_partial, NULL);
    diff->count[0] = diff->count[1] = 0;
  }
}

static void flush_bests(sim *s) {
  binance_state *state = binance_state_of(s);
  for (uint32_t m = 0; m < BINANCE_SPOT_MARKETS; m++) {
    const paper_market *market = bourse__paper_market(sim_engine(s), m);
    int64_t bid = bourse__paper_best(market, BOURSE_SIDE_BUY), ask = bourse__paper_best(market, BOURSE_SIDE_SELL);
    int64_t now[4] = {bid, sim_visible(market, BOURSE_SIDE_BUY, bid), ask, sim_visible(market, BOURSE_SIDE_SELL, ask)};
    if (memcmp(now, state->books[m].best, sizeof now) == 0) continue;
    memcpy(state->books[m].best, now, sizeof now);
    publish(s, FEED_BEST, (int32_t)m, -1, write_best, now);
  }
  state->dirty = 0;
}

static void announce_shutdown(sim *s, sim_connection *c, binance_socket *socket) {
  cJSON *event = event_json(s, "serverShutdown", -1), *json = event;
  if (socket->kind == BINANCE_MESSAGES_SPOT || socket->combined) {
    json = cJSON_CreateObject();
    if (socket->combined) cJSON_AddStringToObject(json, "stream", "!serverShutdown");
    cJSON_AddItemToObject(json, socket->combined ? "data" : "event", event);
  }
  sim_send_json(c, json);
  socket->ends_ns = sim_now_ns(s) + SHUTDOWN_NS;
}

/* Pings, the end of connections that do not answer them, that are a day old, or that were told to go. */
static void watch_sockets(sim *s) {
  int64_t now_ns = sim_now_ns(s);
  for (sim_connection *c = sim_next_socket(s, NULL), *next; c != NULL; c = next) {
    binance_socket *socket = sim_connection_state(c);
    next = sim_next_socket(s, c);
    if (socket->kind > BINANCE_MESSAGES_SPOT) continue;
    if (now_ns - socket->pinged_ns >= PING_NS) {
      char text[32];
      (void)snprintf(text, sizeof text, "%lld", (long long)(sim_clock_ns(s) / BINANCE_MS));
      sim_send_ping(c, text);
      socket->pinged_ns = now_ns;
    }
    if (socket->ends_ns == 0 && sim_fault(s, "server_shutdown", sim_connection_path(c)))
      announce_shutdown(s, c, socket);
    if (socket->account_count > 0 && sim_fault(s, "listen_key_dead", NULL)) binance_end_subscriptions(s, c);
    if (now_ns - socket->pong_ns >= PONG_NS + PING_NS)
      sim_send_close(c, 1008, "Pong timeout");
    else if (now_ns - sim_connection_opened_ns(c) >= BINANCE_DAY || (socket->ends_ns != 0 && now_ns >= socket->ends_ns))
      sim_send_close(c, 1001, "");
  }
}

void binance_stream_tick(sim *s) {
  binance_state *state = binance_state_of(s);
  int64_t now_ns = sim_now_ns(s), tenth = now_ns / (100 * BINANCE_MS), second = now_ns / BINANCE_SECOND;
  binance_flush_balances(s);
  if (state->dirty) flush_bests(s);
  if (tenth != state->flushed_100) {
    flush_books(s, 0);
    state->flushed_100 = tenth;
  }
  if (second == state->flushed_1000) return;
  flush_books(s, 1);
  watch_sockets(s);
  publish(s, FEED_TICKER, -1, -1, write_ticker, NULL);
  publish(s, FEED_MINI, -1, -1, write_mini, NULL);
  publish(s, FEED_ALL_MINI, -1, -1, write_mini, NULL);
  publish(s, FEED_AVERAGE, -1, -1, write_average, NULL);
  if (second / 2 != state->flushed_1000 / 2) binance_publish_candles(s, BINANCE_STREAMS_SPOT, FEED_CANDLE, candle_json);
  state->flushed_1000 = second;
}
