/* sim/binance_usdm_stream.c - streams of USD-M: market data, and what happens on an account. Follows "Websocket Market
 * Streams" and "User Data Streams" of the exchange's USD-M documents, with the paths that hold since 2026-04-23. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binance_usdm.h"

enum {
  FEED_NONE = 0, /* a name that is none, or of another path: acknowledged, and silent */
  FEED_DEPTH,
  FEED_PARTIAL,
  FEED_BEST,
  FEED_ALL_BEST,
  FEED_TRADE,
  FEED_LAST_PUBLIC = FEED_TRADE, /* the rest is of /market */
  FEED_AGGREGATE,
  FEED_TICKER,
  FEED_ALL_TICKERS,
  FEED_MINI,
  FEED_ALL_MINI,
  FEED_MARK,
  FEED_ALL_MARKS,
  FEED_CANDLE,
  FEED_FORCED,
  FEED_ALL_FORCED
};

enum { CLASS_PUBLIC = 1, CLASS_MARKET = 2 };

#define PING_NS (180 * BINANCE_SECOND)
#define PONG_NS (600 * BINANCE_SECOND)

static const int64_t pace_ms[USDM_PACES] = {100, 250, 500};

/* --- Names --- */

static const struct {
  const char *name;
  int32_t feed;
} feeds[] = {{"bookTicker", FEED_BEST},   {"!bookTicker", FEED_ALL_BEST},
             {"trade", FEED_TRADE},       {"aggTrade", FEED_AGGREGATE},
             {"ticker", FEED_TICKER},     {"!ticker@arr", FEED_ALL_TICKERS},
             {"miniTicker", FEED_MINI},   {"!miniTicker@arr", FEED_ALL_MINI},
             {"markPrice", FEED_MARK},    {"!markPrice@arr", FEED_ALL_MARKS},
             {"markPrice@1s", FEED_MARK}, {"!markPrice@arr@1s", FEED_ALL_MARKS},
             {"forceOrder", FEED_FORCED}, {"!forceOrder@arr", FEED_ALL_FORCED}};

/* "depth", "depth@100ms", "depth20@500ms" */
static void read_depth(binance_topic *topic, const char *rest) {
  char *end;
  topic->levels = (int32_t)strtol(rest, &end, 10);
  topic->slow = 1;
  if (strcmp(end, "@100ms") == 0 || strcmp(end, "@0ms") == 0)
    topic->slow = 0;
  else if (strcmp(end, "@500ms") == 0)
    topic->slow = 2;
  else if (*end != '\0' && strcmp(end, "@250ms") != 0)
    return;
  if (end == rest)
    topic->feed = FEED_DEPTH;
  else if (topic->levels == 5 || topic->levels == 10 || topic->levels == 20)
    topic->feed = FEED_PARTIAL;
}

void binance_usdm_read_name(binance_topic *topic, const char *name, int32_t path_class) {
  const char *at = strchr(name, '@');
  char symbol[32] = "";
  memset(topic, 0, sizeof *topic);
  topic->market = -1;
  topic->name = strdup(name);
  if (topic->name == NULL) abort();
  const char *what = name;
  if (name[0] != '!') {
    size_t length = at == NULL ? sizeof symbol : (size_t)(at - name);
    if (length >= sizeof symbol) return;
    for (size_t i = 0; i < length; i++) symbol[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 32 : name[i]);
    topic->market = binance_usdm_market_of(symbol);
    if (topic->market < 0) return;
    what = at + 1;
  }
  for (size_t i = 0; i < sizeof feeds / sizeof feeds[0]; i++)
    if (strcmp(feeds[i].name, what) == 0) topic->feed = feeds[i].feed;
  if (topic->feed == FEED_MARK || topic->feed == FEED_ALL_MARKS) topic->slow = strstr(what, "@1s") == NULL;
  if (strncmp(what, "depth", 5) == 0 && topic->market >= 0) read_depth(topic, what + 5);
  if (strncmp(what, "kline_", 6) == 0 && topic->market >= 0) {
    topic->interval = binance_interval_of(what + 6);
    if (topic->interval != NULL && topic->interval->ns != BINANCE_SECOND) topic->feed = FEED_CANDLE;
  }
  if ((path_class == CLASS_PUBLIC) != (topic->feed <= FEED_LAST_PUBLIC)) topic->feed = FEED_NONE; /* the wrong path */
}

/* --- Opening --- */

static void add_names(binance_socket *socket, const char *list) {
  char names[4096];
  (void)snprintf(names, sizeof names, "%s", list == NULL ? "" : list);
  for (char *rest = names, *name; (name = strsep(&rest, "/")) != NULL;)
    if (name[0] != '\0') binance_add_topic(socket, name);
}

void binance_usdm_set_key(sim *s, binance_socket *socket, const char *key) {
  const usdm_key *found = key == NULL ? NULL : usdm_key_of(s, key);
  socket->account_count = 0;
  (void)snprintf(socket->listen_key, sizeof socket->listen_key, "%s", key == NULL ? "" : key);
  if (found == NULL) return; /* told at the next second that it is dead */
  socket->accounts[0] = found->account;
  socket->account_count = 1;
}

/* "/public/ws", "/market/stream?streams=", "/private/ws?listenKey=", "/private/ws/<key>", "/ws-fapi/v1". A key may also be
 * subscribed to later, as if it were a stream. */
int32_t binance_usdm_upgrade(sim *s, const sim_request *request, binance_socket *socket) {
  const char *path = request->path, *rest;
  if (strcmp(path, "/ws-fapi/v1") == 0) {
    const char *limits = sim_query(request, "returnRateLimits");
    socket->kind = BINANCE_MESSAGES_USDM;
    socket->no_rate_limits = limits != NULL && strcmp(limits, "false") == 0;
    (void)sim_take(s, "fapi", request->address, BINANCE_MINUTE, INT64_MAX, 5);
    return 1;
  }
  int32_t is_user = strncmp(path, "/private/", 9) == 0;
  if (!is_user && strncmp(path, "/public/", 8) != 0 && strncmp(path, "/market/", 8) != 0) return 0;
  rest = strchr(path + 1, '/') + 1;
  socket->combined = strcmp(rest, "stream") == 0;
  if (!socket->combined && strcmp(rest, "ws") != 0 && strncmp(rest, "ws/", 3) != 0) return 0;
  const char *inside = strncmp(rest, "ws/", 3) == 0 ? rest + 3 : NULL;
  if (is_user) {
    const char *key = inside != NULL ? inside : sim_query(request, "listenKey");
    socket->kind = BINANCE_USER_USDM;
    binance_usdm_set_key(s, socket, key != NULL ? key : sim_query(request, "streams"));
    return 1;
  }
  socket->kind = BINANCE_STREAMS_USDM;
  socket->path_class = path[1] == 'p' ? CLASS_PUBLIC : CLASS_MARKET;
  add_names(socket, inside != NULL ? inside : sim_query(request, "streams"));
  return 1;
}

/* --- Market data --- */

typedef cJSON *(*writer)(sim *s, const binance_topic *topic, const void *what);

/* To each subscription of a feed. market, pace -1: whatever. */
static void publish(sim *s, int32_t feed, int32_t market, int32_t pace, writer write, const void *what) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    binance_socket *socket = sim_connection_state(c);
    if (socket->kind != BINANCE_STREAMS_USDM) continue;
    for (uint32_t i = 0; i < socket->topic_count; i++) {
      binance_topic *topic = &socket->topics[i];
      if (topic->feed != feed || (market >= 0 && topic->market >= 0 && topic->market != market) ||
          (pace >= 0 && topic->slow != pace))
        continue;
      cJSON *json = write(s, topic, what);
      if (json != NULL) binance_send_topic(s, c, topic, json);
    }
  }
}

static cJSON *event_json(sim *s, const char *type, int64_t market) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "e", type);
  sim_json_add_integer(json, "E", sim_clock_ns(s) / BINANCE_MS);
  if (market >= 0) cJSON_AddStringToObject(json, "s", usdm_market(s, (uint32_t)market)->about->id);
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
    cJSON_AddStringToObject(json, "nq", binance_amount(s, trade->market, trade->amount));
    sim_json_add_integer(json, "f", (int64_t)trade->id);
    sim_json_add_integer(json, "l", (int64_t)trade->id);
  } else {
    cJSON_AddStringToObject(json, "X", "MARKET");
  }
  sim_json_add_integer(json, "T", trade->time_ns / BINANCE_MS);
  cJSON_AddBoolToObject(json, "m", trade->side == BOURSE_SIDE_SELL);
  sim_json_add_integer(json, "st", 1);
  return json;
}

typedef struct change {
  const binance_diff *diff;
  uint64_t previous;
} change;

static cJSON *write_depth(sim *s, const binance_topic *topic, const void *what) {
  const change *changed = what;
  const paper_market *market = usdm_market(s, (uint32_t)topic->market);
  int32_t partial = topic->feed == FEED_PARTIAL;
  cJSON *json = event_json(s, "depthUpdate", -1);
  sim_json_add_integer(json, "T", sim_clock_ns(s) / BINANCE_MS);
  cJSON_AddStringToObject(json, "s", market->about->id);
  sim_json_add_integer(json, "U", (int64_t)changed->diff->first);
  sim_json_add_integer(json, "u", (int64_t)changed->diff->last);
  sim_json_add_integer(json, "pu", (int64_t)changed->previous);
  for (int32_t side = 0; side < 2; side++)
    cJSON_AddItemToObject(json, side == 0 ? "b" : "a",
                          partial ? binance_side_json(s, market->index, side, topic->levels)
                                  : binance_changes_json(s, market->index, changed->diff, side));
  sim_json_add_integer(json, "st", 1);
  return json;
}

static cJSON *write_best(sim *s, const binance_topic *topic, const void *what) {
  const paper_market *market = what;
  const int64_t *best = usdm_of(s)->best[market->index - USDM_FIRST];
  cJSON *json = event_json(s, "bookTicker", -1);
  (void)topic;
  sim_json_add_integer(json, "u", (int64_t)market->update_id);
  cJSON_AddStringToObject(json, "s", market->about->id);
  cJSON_AddStringToObject(json, "b", binance_price(s, market->index, best[0]));
  cJSON_AddStringToObject(json, "B", binance_amount(s, market->index, best[1]));
  cJSON_AddStringToObject(json, "a", binance_price(s, market->index, best[2]));
  cJSON_AddStringToObject(json, "A", binance_amount(s, market->index, best[3]));
  sim_json_add_integer(json, "T", sim_clock_ns(s) / BINANCE_MS);
  sim_json_add_integer(json, "st", 1);
  cJSON_AddStringToObject(json, "ps", market->about->id);
  return json;
}

static cJSON *ticker_json(sim *s, uint32_t m, int32_t mini) {
  binance_ticker t = binance_ticker_of(s, m);
  cJSON *json = event_json(s, mini ? "24hrMiniTicker" : "24hrTicker", m);
  if (!mini) {
    cJSON_AddStringToObject(json, "p", t.change);
    cJSON_AddStringToObject(json, "P", t.percent);
    cJSON_AddStringToObject(json, "w", t.average);
    cJSON_AddStringToObject(json, "Q", binance_amount(s, m, t.last_amount));
  }
  cJSON_AddStringToObject(json, "c", binance_price(s, m, t.close));
  cJSON_AddStringToObject(json, "o", binance_price(s, m, t.open));
  cJSON_AddStringToObject(json, "h", binance_price(s, m, t.high));
  cJSON_AddStringToObject(json, "l", binance_price(s, m, t.low));
  sim_json_add_money(json, "v", t.volume, 3);
  sim_json_add_money(json, "q", t.quote, 2);
  if (!mini) {
    sim_json_add_integer(json, "O", t.open_ns / BINANCE_MS);
    sim_json_add_integer(json, "C", t.close_ns / BINANCE_MS);
    sim_json_add_integer(json, "F", (int64_t)t.first_id);
    sim_json_add_integer(json, "L", (int64_t)t.last_id);
    sim_json_add_integer(json, "n", t.count);
  }
  sim_json_add_integer(json, "st", 1);
  cJSON_AddStringToObject(json, "ps", usdm_market(s, m)->about->id);
  return json;
}

static cJSON *mark_json(sim *s, uint32_t m) {
  const paper_market *market = usdm_market(s, m);
  int64_t mark = market->mark != 0 ? market->mark : market->last;
  cJSON *json = event_json(s, "markPriceUpdate", m);
  cJSON_AddStringToObject(json, "p", binance_price(s, m, mark));
  cJSON_AddStringToObject(json, "ap", binance_price(s, m, mark));
  cJSON_AddStringToObject(json, "P", binance_price(s, m, market->last));
  cJSON_AddStringToObject(json, "i", binance_price(s, m, market->index_price != 0 ? market->index_price : mark));
  cJSON_AddStringToObject(json, "r", sim_units_text(sim_funding_rate(s, m, sim_now_ns(s)), 8, 8));
  sim_json_add_integer(json, "T", (sim_clock_ns(s) / (8 * USDM_HOUR) + 1) * 8 * USDM_HOUR / BINANCE_MS);
  sim_json_add_integer(json, "st", 1);
  cJSON_AddStringToObject(json, "ps", market->about->id);
  return json;
}

/* Of one market, or a list of all. */
static cJSON *write_market(sim *s, const binance_topic *topic, const void *what) {
  int32_t marks = topic->feed == FEED_MARK || topic->feed == FEED_ALL_MARKS;
  int32_t mini = topic->feed == FEED_MINI || topic->feed == FEED_ALL_MINI;
  (void)what;
  if (topic->market >= 0)
    return marks ? mark_json(s, (uint32_t)topic->market) : ticker_json(s, (uint32_t)topic->market, mini);
  cJSON *list = cJSON_CreateArray();
  for (uint32_t m = USDM_FIRST; m < PAPER_MARKETS; m++)
    cJSON_AddItemToArray(list, marks ? mark_json(s, m) : ticker_json(s, m, mini));
  return list;
}

static cJSON *candle_json(sim *s, const binance_topic *topic, int64_t open_ns, int32_t closed) {
  uint32_t market = (uint32_t)topic->market;
  paper_bar bar = binance_bar(s, market, topic->interval, open_ns);
  cJSON *json = event_json(s, "kline", topic->market), *k = cJSON_CreateObject();
  sim_json_add_integer(k, "t", open_ns / BINANCE_MS);
  sim_json_add_integer(k, "T", sim_candle_next(topic->interval, open_ns) / BINANCE_MS - 1);
  cJSON_AddStringToObject(k, "s", usdm_market(s, market)->about->id);
  cJSON_AddStringToObject(k, "i", topic->interval->name);
  sim_json_add_integer(k, "f", -1);
  sim_json_add_integer(k, "L", -1);
  cJSON_AddStringToObject(k, "o", binance_price(s, market, bar.open));
  cJSON_AddStringToObject(k, "c", binance_price(s, market, bar.close));
  cJSON_AddStringToObject(k, "h", binance_price(s, market, bar.high));
  cJSON_AddStringToObject(k, "l", binance_price(s, market, bar.low));
  sim_json_add_money(k, "v", bar.volume, 3);
  sim_json_add_integer(k, "n", bar.count);
  cJSON_AddBoolToObject(k, "x", closed);
  sim_json_add_money(k, "q", bar.quote, BINANCE_PLACES);
  sim_json_add_money(k, "V", bar.taker_volume, 3);
  sim_json_add_money(k, "Q", bar.taker_quote, BINANCE_PLACES);
  cJSON_AddStringToObject(k, "B", "0");
  cJSON_AddItemToObject(json, "k", k);
  sim_json_add_integer(json, "st", 1);
  return json;
}

static cJSON *write_forced(sim *s, const binance_topic *topic, const void *what) {
  const paper_order *order = what;
  cJSON *json = event_json(s, "forceOrder", -1), *o = cJSON_CreateObject();
  (void)topic;
  cJSON_AddStringToObject(o, "s", usdm_market(s, order->market)->about->id);
  cJSON_AddStringToObject(o, "S", usdm_side_text(order->side));
  cJSON_AddStringToObject(o, "o", "LIMIT");
  cJSON_AddStringToObject(o, "f", "IOC");
  cJSON_AddStringToObject(o, "q", binance_amount(s, order->market, order->amount));
  cJSON_AddStringToObject(o, "p", usdm_average(s, order));
  cJSON_AddStringToObject(o, "ap", usdm_average(s, order));
  cJSON_AddStringToObject(o, "X", "FILLED");
  cJSON_AddStringToObject(o, "l", binance_amount(s, order->market, order->filled));
  cJSON_AddStringToObject(o, "z", binance_amount(s, order->market, order->filled));
  sim_json_add_integer(o, "T", order->updated_ns / BINANCE_MS);
  cJSON_AddItemToObject(json, "o", o);
  sim_json_add_integer(json, "st", 1);
  return json;
}

static int32_t is_liquidation(const paper_order *order) {
  return order->reason == PAPER_LIQUIDATED && order->status == BOURSE_ORDER_FILLED;
}

void usdm_stream_event(sim *s, const paper_event *event) {
  usdm_state *state = usdm_of(s);
  int32_t market = (int32_t)event->market;
  if (event->kind == PAPER_EVENT_TRADE) {
    publish(s, FEED_TRADE, market, -1, write_trade, &event->u.trade);
    publish(s, FEED_AGGREGATE, market, -1, write_trade, &event->u.trade);
  } else if (event->kind == PAPER_EVENT_BOOK) {
    for (int32_t pace = 0; pace < USDM_PACES; pace++)
      binance_add_change(&state->diffs[event->market - USDM_FIRST][pace], event->u.book.side == BOURSE_SIDE_BUY ? 0 : 1,
                         event->u.book.price, event->u.book.update_id);
    state->dirty = 1;
    binance_state_of(s)->dirty = 1; /* best prices are told at once */
  } else if (event->kind == PAPER_EVENT_ORDER && is_liquidation(&event->u.order)) {
    publish(s, FEED_FORCED, market, -1, write_forced, &event->u.order);
    publish(s, FEED_ALL_FORCED, market, -1, write_forced, &event->u.order);
  }
}

static void flush_books(sim *s, int32_t pace) {
  usdm_state *state = usdm_of(s);
  for (uint32_t m = 0; m < USDM_COUNT; m++) {
    binance_diff *diff = &state->diffs[m][pace];
    if (diff->count[0] + diff->count[1] == 0) continue;
    diff->last = usdm_market(s, USDM_FIRST + m)->update_id;
    change changed = {diff, state->previous[m][pace]};
    publish(s, FEED_DEPTH, (int32_t)(USDM_FIRST + m), pace, write_depth, &changed);
    publish(s, FEED_PARTIAL, (int32_t)(USDM_FIRST + m), pace, write_depth, &changed);
    state->previous[m][pace] = diff->last;
    diff->count[0] = diff->count[1] = 0;
  }
}

static void flush_bests(sim *s) {
  usdm_state *state = usdm_of(s);
  for (uint32_t m = 0; m < USDM_COUNT; m++) {
    const paper_market *market = usdm_market(s, USDM_FIRST + m);
    int64_t bid = bourse__paper_best(market, BOURSE_SIDE_BUY), ask = bourse__paper_best(market, BOURSE_SIDE_SELL);
    int64_t now[4] = {bid, sim_visible(market, BOURSE_SIDE_BUY, bid), ask, sim_visible(market, BOURSE_SIDE_SELL, ask)};
    if (memcmp(now, state->best[m], sizeof now) == 0) continue;
    memcpy(state->best[m], now, sizeof now);
    publish(s, FEED_BEST, (int32_t)(USDM_FIRST + m), -1, write_best, market);
  }
  state->dirty = 0;
}

/* --- Account --- */

void usdm_tell(sim *s, uint32_t account, cJSON *event) {
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    const binance_socket *socket = sim_connection_state(c);
    if (socket->kind != BINANCE_USER_USDM || socket->account_count == 0 || socket->accounts[0] != account) continue;
    cJSON *json = cJSON_Duplicate(event, 1);
    if (socket->combined) {
      cJSON *whole = cJSON_CreateObject();
      cJSON_AddStringToObject(whole, "stream", socket->listen_key);
      cJSON_AddItemToObject(whole, "data", json);
      json = whole;
    }
    sim_send_json(c, json);
  }
  cJSON_Delete(event);
}

static cJSON *changed_balances(sim *s, uint32_t account) {
  usdm_state *state = usdm_of(s);
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = 0; i < bourse__paper_currency_count(sim_engine(s)) && i < 64; i++) {
    paper_money now = usdm_wallet(s, account, i), isolated = 0, *told = &state->told[account * 64 + i];
    if (now == *told) continue;
    for (uint32_t m = USDM_FIRST; m < PAPER_MARKETS; m++) {
      const paper_holding *holding = &bourse__paper_account(sim_engine(s), account)->holdings[m];
      for (int32_t slot = 0; holding->isolated && slot < 2; slot++)
        isolated += holding->slots[slot].margin + usdm_extra_of(s, account, m, slot);
    }
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "a", bourse__paper_currency_code(sim_engine(s), i));
    sim_json_add_money(row, "wb", now, BINANCE_PLACES);
    sim_json_add_money(row, "cw", now - isolated, BINANCE_PLACES);
    sim_json_add_money(row, "bc", now - *told, BINANCE_PLACES);
    cJSON_AddItemToArray(list, row);
    *told = now;
  }
  return list;
}

static cJSON *changed_position(sim *s, uint32_t account, uint32_t m, int32_t slot) {
  const paper_market *market = usdm_market(s, m);
  const paper_account *owner = bourse__paper_account(sim_engine(s), account);
  const paper_holding *holding = &owner->holdings[m];
  const paper_position *position = &holding->slots[slot];
  bourse_decimal entry = bourse__paper_average(market, position->entry_cost, position->size, 4);
  const char *average = position->size != 0 ? sim_decimal_text(&entry) : "0";
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "s", market->about->id);
  cJSON_AddStringToObject(row, "pa", binance_amount(s, m, slot == PAPER_SHORT ? -position->size : position->size));
  cJSON_AddStringToObject(row, "ep", average);
  cJSON_AddStringToObject(row, "bep", average);
  sim_json_add_money(row, "cr", position->realized, BINANCE_PLACES);
  sim_json_add_money(row, "up", bourse__paper_unrealized(market, position, slot), BINANCE_PLACES);
  cJSON_AddStringToObject(row, "mt", holding->isolated ? "isolated" : "cross");
  sim_json_add_money(row, "iw", holding->isolated ? position->margin + usdm_extra_of(s, account, m, slot) : 0,
                     BINANCE_PLACES);
  cJSON_AddStringToObject(row, "ps", !owner->hedged ? "BOTH" : slot == PAPER_LONG ? "LONG" : "SHORT");
  cJSON_AddStringToObject(row, "ma", market->about->settle);
  return row;
}

void usdm_flush_account(sim *s, uint32_t account, const char *reason) {
  usdm_state *state = usdm_of(s);
  if (account >= state->account_count || sim_account_of(s, account) == NULL) return;
  cJSON *balances = changed_balances(s, account), *positions = cJSON_CreateArray();
  const paper_account *owner = bourse__paper_account(sim_engine(s), account);
  for (uint32_t m = 0; m < USDM_COUNT; m++) {
    uint8_t *touched = &state->touched[(account * USDM_COUNT + m) * 2];
    const paper_position *slots = owner->holdings[USDM_FIRST + m].slots;
    int32_t turned = !owner->hedged && touched[0] && touched[1]; /* from one side to the other: it is one position */
    for (int32_t slot = 0; slot < 2; slot++) {
      if (touched[slot] && !(turned && slots[slot].size == 0 && (slot == 0 || slots[0].size != 0)))
        cJSON_AddItemToArray(positions, changed_position(s, account, USDM_FIRST + m, slot));
      touched[slot] = 0;
    }
  }
  if (cJSON_GetArraySize(balances) + cJSON_GetArraySize(positions) == 0) {
    cJSON_Delete(balances);
    cJSON_Delete(positions);
    return;
  }
  const char *changed = sim_json_text(cJSON_GetArrayItem(balances, 0), "bc");
  if (reason == NULL) reason = changed != NULL && changed[0] == '-' ? "WITHDRAW" : "DEPOSIT";
  cJSON *json = event_json(s, "ACCOUNT_UPDATE", -1), *a = cJSON_CreateObject();
  sim_json_add_integer(json, "T", sim_clock_ns(s) / BINANCE_MS);
  cJSON_AddStringToObject(a, "m", reason);
  cJSON_AddItemToObject(a, "B", balances);
  cJSON_AddItemToObject(a, "P", positions);
  cJSON_AddItemToObject(json, "a", a);
  usdm_tell(s, account, json);
}

/* --- Orders --- */

static void add_order(cJSON *o, sim *s, const paper_order *order, const binance_order *about) {
  int32_t now = order->type == BOURSE_ORDER_LIMIT ? USDM_LIMIT : USDM_MARKET;
  cJSON_AddStringToObject(o, "s", usdm_market(s, order->market)->about->id);
  cJSON_AddStringToObject(o, "c", about->client_id);
  cJSON_AddStringToObject(o, "S", usdm_side_text(order->side));
  cJSON_AddStringToObject(o, "o", usdm_types[about->type == USDM_LIQUIDATION ? USDM_LIQUIDATION : now]);
  cJSON_AddStringToObject(o, "f", usdm_force_text(order->time_in_force, order->post_only));
  cJSON_AddStringToObject(o, "q", binance_amount(s, order->market, order->amount));
  cJSON_AddStringToObject(o, "p", binance_price(s, order->market, order->price));
  cJSON_AddStringToObject(o, "ap", usdm_average(s, order));
  cJSON_AddStringToObject(o, "sp", "0");
}

static void report(sim *s, const paper_order *order, const binance_order *about, const char *execution,
                   const paper_fill *fill) {
  cJSON *json = event_json(s, "ORDER_TRADE_UPDATE", -1), *o = cJSON_CreateObject();
  const char *expiry = binance_expiry_text(order);
  sim_json_add_integer(json, "T", order->updated_ns / BINANCE_MS);
  add_order(o, s, order, about);
  cJSON_AddStringToObject(o, "x", execution);
  cJSON_AddStringToObject(o, "X", binance_status_text(order));
  sim_json_add_integer(o, "i", (int64_t)order->id);
  cJSON_AddStringToObject(o, "l", binance_amount(s, order->market, fill != NULL ? fill->amount : 0));
  cJSON_AddStringToObject(o, "z", binance_amount(s, order->market, order->filled));
  cJSON_AddStringToObject(o, "L", binance_price(s, order->market, fill != NULL ? fill->price : 0));
  if (fill != NULL) {
    sim_json_add_money(o, "n", fill->fee, BINANCE_PLACES);
    cJSON_AddStringToObject(o, "N", bourse__paper_currency_code(sim_engine(s), fill->fee_currency));
  }
  sim_json_add_integer(o, "T", order->updated_ns / BINANCE_MS);
  sim_json_add_integer(o, "t", fill != NULL ? (int64_t)fill->id : 0);
  cJSON_AddStringToObject(o, "b", "0");
  cJSON_AddStringToObject(o, "a", "0");
  cJSON_AddBoolToObject(o, "m", fill != NULL && fill->role == BOURSE_MAKER);
  cJSON_AddBoolToObject(o, "R", order->reduce_only);
  cJSON_AddStringToObject(o, "wt", "CONTRACT_PRICE");
  cJSON_AddStringToObject(o, "ot", usdm_types[about->type]);
  cJSON_AddStringToObject(o, "ps", usdm_position_side(order->position_side));
  cJSON_AddBoolToObject(o, "cp", 0);
  cJSON_AddBoolToObject(o, "pP", 0);
  sim_json_add_integer(o, "si", 0);
  sim_json_add_integer(o, "ss", 0);
  sim_json_add_money(o, "rp", fill != NULL ? fill->realized : 0, BINANCE_PLACES);
  cJSON_AddStringToObject(o, "V", binance_self_trade_text(order->self_trade));
  cJSON_AddStringToObject(o, "pm", "NONE");
  sim_json_add_integer(o, "gtd", order->expire_ns == 0 ? 0 : (order->expire_ns + sim_skew_ns(s)) / BINANCE_MS);
  cJSON_AddStringToObject(o, "er", expiry == NULL ? "0" : expiry);
  cJSON_AddItemToObject(json, "o", o);
  usdm_tell(s, order->account, json);
}

static const char *execution_of(const paper_order *order, const binance_order *about) {
  switch (order->status) {
    case BOURSE_ORDER_CANCELED: return "CANCELED";
    case BOURSE_ORDER_EXPIRED: return "EXPIRED";
    case BOURSE_ORDER_REJECTED: return "REJECTED";
    case BOURSE_ORDER_FILLED: return NULL;
    default: break;
  }
  if (about->status == 0) return "NEW";
  return order->amount != about->amount_told || order->price != about->price_told ? "AMENDMENT" : NULL;
}

/* Each fill is told together with the state of the order after it, which is the engine's next event of the order; the
 * account's change comes before. */
void usdm_tell_order(sim *s, const paper_order *order) {
  binance_order *about = binance_order_of(s, order->id);
  if (about == NULL || sim_account_of(s, order->account) == NULL) return;
  if (is_liquidation(order)) {
    about->type = USDM_LIQUIDATION;
    (void)snprintf(about->client_id, sizeof about->client_id, "autoclose-%llu", (unsigned long long)order->id);
  }
  if (about->pending.is_there) {
    paper_order then = *order;
    paper_fill fill = about->pending.fill;
    about->pending.is_there = 0;
    if (order->status != BOURSE_ORDER_FILLED) then.status = BOURSE_ORDER_OPEN; /* the fill came first, then the end */
    usdm_flush_account(s, order->account, "ORDER");
    report(s, &then, about, about->type == USDM_LIQUIDATION ? "CALCULATED" : "TRADE", &fill);
    about->amount_told = order->amount;
    about->price_told = order->price;
  }
  const char *execution = execution_of(order, about);
  about->status = order->status;
  about->amount_told = order->amount;
  about->price_told = order->price;
  if (execution != NULL) report(s, order, about, execution, NULL);
  if (!bourse__paper_is_open(order)) usdm_algo_order(s, order, about);
}

/* --- Time --- */

static void tell_expired(sim *s, sim_connection *c, binance_socket *socket) {
  cJSON *json = event_json(s, "listenKeyExpired", -1);
  cJSON_AddStringToObject(json, "listenKey", socket->listen_key);
  if (socket->combined) {
    cJSON *whole = cJSON_CreateObject();
    cJSON_AddStringToObject(whole, "stream", socket->listen_key);
    cJSON_AddItemToObject(whole, "data", json);
    json = whole;
  }
  sim_send_json(c, json);
  socket->account_count = 0;
  socket->listen_key[0] = '\0';
}

/* Keys die after an hour, when they are ended, or by a planned fault; then nothing more is told through them. */
void usdm_keys_tick(sim *s) {
  usdm_state *state = usdm_of(s);
  if (sim_now_ns(s) / BINANCE_SECOND == state->second) return;
  for (uint32_t i = 0; i < state->key_count; i++) {
    usdm_key *key = &state->keys[i];
    const sim_account *owner = sim_account_of(s, key->account);
    if (!key->dead &&
        (key->expires_ns <= sim_now_ns(s) || sim_fault(s, "listen_key_dead", owner == NULL ? NULL : owner->key.name)))
      key->dead = 1;
  }
  for (sim_connection *c = sim_next_socket(s, NULL), *next; c != NULL; c = next) {
    binance_socket *socket = sim_connection_state(c);
    next = sim_next_socket(s, c);
    if (socket->kind == BINANCE_USER_USDM && socket->listen_key[0] != '\0' &&
        usdm_key_of(s, socket->listen_key) == NULL)
      tell_expired(s, c, socket);
  }
}

/* Pings every three minutes, the end of connections that do not answer them or that are a day old. */
static void watch_sockets(sim *s) {
  int64_t now_ns = sim_now_ns(s);
  for (sim_connection *c = sim_next_socket(s, NULL), *next; c != NULL; c = next) {
    binance_socket *socket = sim_connection_state(c);
    next = sim_next_socket(s, c);
    if (socket->kind < BINANCE_STREAMS_USDM) continue;
    if (now_ns - socket->pinged_ns >= PING_NS) {
      char text[32];
      (void)snprintf(text, sizeof text, "%lld", (long long)(sim_clock_ns(s) / BINANCE_MS));
      sim_send_ping(c, text);
      socket->pinged_ns = now_ns;
    }
    if (now_ns - socket->pong_ns >= PONG_NS + PING_NS)
      sim_send_close(c, 1008, "Pong timeout");
    else if (now_ns - sim_connection_opened_ns(c) >= BINANCE_DAY)
      sim_send_close(c, 1001, "");
  }
}

void usdm_stream_tick(sim *s) {
  usdm_state *state = usdm_of(s);
  int64_t now_ns = sim_now_ns(s), second = now_ns / BINANCE_SECOND;
  if (state->dirty) flush_bests(s);
  for (int32_t pace = 0; pace < USDM_PACES; pace++) {
    int64_t count = now_ns / (pace_ms[pace] * BINANCE_MS);
    if (count == state->paces[pace]) continue;
    state->paces[pace] = count;
    flush_books(s, pace);
  }
  if (second == state->second) return;
  watch_sockets(s);
  binance_publish_candles(s, BINANCE_STREAMS_USDM, FEED_CANDLE, candle_json);
  publish(s, FEED_MARK, -1, 0, write_market, NULL);
  publish(s, FEED_ALL_MARKS, -1, 0, write_market, NULL);
  publish(s, FEED_ALL_TICKERS, -1, -1, write_market, NULL);
  publish(s, FEED_ALL_MINI, -1, -1, write_market, NULL);
  if (second % 2 == 0) {
    publish(s, FEED_TICKER, -1, -1, write_market, NULL);
    publish(s, FEED_MINI, -1, -1, write_market, NULL);
  }
  if (second % 3 == 0) {
    publish(s, FEED_MARK, -1, 1, write_market, NULL);
    publish(s, FEED_ALL_MARKS, -1, 1, write_market, NULL);
  }
  if (second % 5 == 0)
    for (uint32_t m = USDM_FIRST; m < PAPER_MARKETS; m++)
      publish(s, FEED_ALL_BEST, (int32_t)m, -1, write_best, usdm_market(s, m));
}
