/* The Bybit dialect's WebSocket connections: books as a client keeps them, own orders, orders as messages, the dead man's
 * switch; and what nobody should send. */
#include "bybit.h"

static void bybit_auth_as(client *w, const char *secret) {
  char text[64], signature[129], message[300];
  long long expires = (long long)(sim_now_ns(w->s) / 1000000) + 5000;
  (void)snprintf(text, sizeof text, "GET/realtime%lld", expires);
  (void)sim_hmac_hex(signature, 256, secret, strlen(secret), text, strlen(text));
  (void)snprintf(message, sizeof message, "{\"req_id\":\"1\",\"op\":\"auth\",\"args\":[\"sim-key\",%lld,\"%s\"]}",
                 expires, signature);
  say(w, message);
}

/* --- A book, kept by its numbers and held against what the exchange has --- */

typedef struct book {
  double prices[2][128];
  char amounts[2][128][24];
  uint32_t counts[2];
  long long update;
} book;

static void put_level(book *b, int32_t side, const cJSON *row) {
  double price = atof(cJSON_GetArrayItem(row, 0)->valuestring);
  const char *amount = cJSON_GetArrayItem(row, 1)->valuestring;
  uint32_t i = 0, count = b->counts[side];
  while (i < count && (side == 0 ? b->prices[side][i] > price : b->prices[side][i] < price)) i++;
  int32_t there = i < count && b->prices[side][i] - price == 0.0;
  if (strcmp(amount, "0") == 0 && there) {
    memmove(&b->prices[side][i], &b->prices[side][i + 1], (count - i - 1) * sizeof(double));
    memmove(b->amounts[side][i], b->amounts[side][i + 1], (count - i - 1) * 24);
    b->counts[side]--;
  } else if (strcmp(amount, "0") != 0) {
    if (!there) {
      memmove(&b->prices[side][i + 1], &b->prices[side][i], (count - i) * sizeof(double));
      memmove(b->amounts[side][i + 1], b->amounts[side][i], (count - i) * 24);
      b->counts[side]++;
    }
    b->prices[side][i] = price;
    (void)snprintf(b->amounts[side][i], 24, "%s", amount);
  }
}

/* 1: the message follows the one before. */
static int32_t apply(book *b, const char *text) {
  cJSON *json = cJSON_Parse(text), *data = cJSON_GetObjectItem(json, "data"), *row;
  long long update = (long long)cJSON_GetObjectItem(data, "u")->valuedouble;
  int32_t whole = strcmp(cJSON_GetObjectItem(json, "type")->valuestring, "snapshot") == 0,
          good = whole || update == b->update + 1;
  if (whole) b->counts[0] = b->counts[1] = 0;
  b->update = update;
  cJSON_ArrayForEach(row, cJSON_GetObjectItem(data, "b")) put_level(b, 0, row);
  cJSON_ArrayForEach(row, cJSON_GetObjectItem(data, "a")) put_level(b, 1, row);
  cJSON_Delete(json);
  return good;
}

static int32_t is_the_exchanges(const book *b, const sim *s, uint32_t market, uint32_t depth) {
  sim *all = (sim *)(uintptr_t)s;
  const paper_market *m = bourse__paper_market(sim_engine(all), market);
  for (int32_t side = 0; side < 2; side++) {
    uint32_t there = m->sides[side].count < depth ? m->sides[side].count : depth;
    if (b->counts[side] != there) return 0;
    for (uint32_t i = 0; i < there; i++) {
      const paper_level *level = &m->sides[side].levels[m->sides[side].count - 1 - i];
      if (strcmp(b->amounts[side][i], sim_units_text(level->visible, m->amount_scale, -1)) != 0 ||
          atof(sim_units_text(level->price, m->price_scale, -1)) - b->prices[side][i] != 0.0)
        return 0;
    }
  }
  return 1;
}

TEST(books_follow_their_numbers) {
  client c, w;
  const char *text;
  book b = {0};
  uint32_t messages = 0;
  bybit_open(&c, NULL);
  kraken_socket(&w, &c, "/v5/public/spot");
  say(&w, "{\"req_id\":\"r\",\"op\":\"subscribe\",\"args\":[\"orderbook.50.BTCUSDT\",\"orderbook.1.BTCUSDT\"]}");
  CHECK_HAS(heard(&w), "{\"success\":true,\"ret_msg\":\"subscribe\"");
  for (int32_t i = 0; i < 40; i++) {
    advance(&c, 700);
    while ((text = heard(&w)) != NULL) {
      if (strstr(text, "orderbook.1.") != NULL) CHECK_HAS(text, "\"type\":\"snapshot\"");
      if (strstr(text, "orderbook.50.") == NULL) continue;
      CHECK(apply(&b, text));
      messages++;
    }
    CHECK(is_the_exchanges(&b, c.s, 0, 50));
  }
  CHECK(messages > 10);
  say(&w, "{\"op\":\"subscribe\",\"args\":[\"orderbook.50.BTCUSDT\"]}");
  CHECK_HAS(heard_with(&w, "success"), "\"success\":false,\"ret_msg\":\"error:already subscribed");
  say(&w,
      "{\"op\":\"subscribe\",\"args\":[\"orderbook.50.ETHUSDT\",\"orderbook.7.BTCUSDT\"]}"); /* one fails them all */
  CHECK_HAS(heard_with(&w, "success"), "\"success\":false");
  advance(&c, 2000);
  while ((text = heard(&w)) != NULL) CHECK(strstr(text, "ETHUSDT") == NULL);
  client_close(&c);
}

TEST(a_gap_and_a_restart_are_to_be_seen) {
  client c, w;
  const char *text;
  book b = {0};
  int32_t gaps = 0, restarts = 0;
  bybit_open(&c, "[{\"fault\":\"stream_gap\",\"nth\":5},{\"fault\":\"book_restart\",\"from_ms\":20000,\"times\":1}]");
  kraken_socket(&w, &c, "/v5/public/linear");
  say(&w, "{\"op\":\"subscribe\",\"args\":[\"orderbook.50.ETHUSDT\"]}");
  for (int32_t i = 0; i < 40; i++) {
    advance(&c, 1000);
    while ((text = heard(&w)) != NULL) {
      if (strstr(text, "orderbook") == NULL) continue;
      gaps += !apply(&b, text);
      restarts += b.update == 1;
    }
  }
  CHECK_INT(gaps, 1);
  CHECK_INT(restarts, 1);
  CHECK(is_the_exchanges(&b, c.s, 7, 50));
  client_close(&c);
}

TEST(tickers_of_contracts_come_in_parts) {
  client c, w;
  bybit_open(&c, NULL);
  kraken_socket(&w, &c, "/v5/public/linear");
  say(&w, "{\"op\":\"subscribe\",\"args\":[\"tickers.BTCUSDT\",\"kline.1.BTCUSDT\",\"publicTrade.BTCUSDT\"]}");
  CHECK_HAS(heard_with(&w, "tickers."), "\"type\":\"snapshot\"");
  advance(&c, 3000);
  const char *delta = heard_with(&w, "\"type\":\"delta\"");
  CHECK_HAS(delta, "{\"symbol\":\"BTCUSDT\",");
  CHECK(strstr(delta, "fundingIntervalHour") == NULL);
  CHECK_HAS(heard_with(&w, "kline.1."), "\"confirm\":false");
  client_close(&c);
}

/* --- The account --- */

TEST(own_orders_are_told) {
  client c, w;
  bybit_open(&c, NULL);
  kraken_socket(&w, &c, "/v5/private");
  say(&w, "{\"op\":\"subscribe\",\"args\":[\"order\"]}");
  CHECK_HAS(heard(&w), "\"success\":false,\"ret_msg\":\"Request not authorized\"");
  bybit_auth_as(&w, "another");
  CHECK_HAS(heard(&w), "\"success\":false,\"ret_msg\":\"Invalid sign\"");
  bybit_auth_as(&w, "sim-secret");
  CHECK_HAS(heard(&w), "\"success\":true,\"ret_msg\":\"\",\"op\":\"auth\"");
  say(&w,
      "{\"op\":\"subscribe\",\"args\":[\"order\",\"execution.linear\",\"execution.fast\",\"position\",\"wallet\"]}");
  CHECK_HAS(heard(&w), "\"success\":true");
  create(&c, LINEAR_ORDER("\"side\":\"Buy\",\"orderType\":\"Market\",\"qty\":\"0.01\",\"orderLinkId\":\"m\""));
  CHECK_HAS(heard_with(&w, "execution.linear"), "\"execType\":\"Trade\"");
  CHECK_HAS(heard_with(&w, "execution.fast"), "\"orderLinkId\":\"m\"");
  CHECK_HAS(heard_with(&w, "\"orderStatus\":\"Filled\""), "\"topic\":\"order\"");
  advance(&c, 100);
  CHECK_HAS(heard_with(&w, "\"topic\":\"position\""), "\"side\":\"Buy\",\"size\":\"0.01\",\"entryPrice\"");
  CHECK_HAS(heard_with(&w, "\"topic\":\"wallet\""), "\"coin\":\"USDT\"");
  say(&w, "{\"req_id\":\"p\",\"op\":\"ping\"}");
  CHECK_HAS(heard_with(&w, "pong"), "{\"req_id\":\"p\",\"op\":\"pong\",\"args\":[\"");
  client_close(&c);
}

#define MESSAGE(op_, id_, time_, args_) \
  "{\"reqId\":\"" id_ "\",\"header\":{\"X-BAPI-TIMESTAMP\":\"" time_ "\"},\"op\":\"" op_ "\",\"args\":[" args_ "]}"
#define ORDER                                                                                                          \
  "{\"category\":\"spot\",\"symbol\":\"BTCUSDT\",\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":\"0.01\",\"price\":" \
  "\"40000\","                                                                                                         \
  "\"orderLinkId\":\"w\"}"

TEST(orders_as_messages) {
  client c, w;
  bybit_open(&c, NULL);
  kraken_socket(&w, &c, "/v5/trade");
  say(&w, MESSAGE("order.create", "0", "1700000000000", ORDER));
  CHECK_HAS(heard(&w), "{\"reqId\":\"0\",\"retCode\":10005,");
  bybit_auth_as(&w, "sim-secret");
  CHECK_HAS(heard(&w), "\"retCode\":0,\"retMsg\":\"OK\",\"op\":\"auth\"");
  bybit_auth_as(&w, "sim-secret");
  CHECK_HAS(heard(&w), "\"retCode\":20001");
  say(&w, MESSAGE("order.create", "1", "1600000000000", ORDER));
  CHECK_HAS(heard(&w), "{\"reqId\":\"1\",\"retCode\":10002,");
  say(&w, MESSAGE("order.create", "2", "1700000000000", ORDER));
  CHECK_HAS(heard(&w), "\"header\":{\"X-Bapi-Limit\":\"20\",\"X-Bapi-Limit-Status\":\"19\"");
  say(&w, MESSAGE("order.create", "2", "1700000000000", ORDER));
  CHECK_HAS(heard(&w), "\"retCode\":20006");
  say(&w, MESSAGE("order.nothing", "3", "1700000000000", ORDER));
  CHECK_HAS(heard(&w), "\"retCode\":10404");
  say(&w, MESSAGE("order.cancel", "4", "1700000000000",
                  "{\"category\":\"spot\",\"symbol\":\"BTCUSDT\",\"orderLinkId\":\"w\"}"));
  CHECK_HAS(heard(&w),
            "{\"reqId\":\"4\",\"retCode\":0,\"retMsg\":\"OK\",\"op\":\"order.cancel\",\"data\":{\"orderId\":");
  client_close(&c);
}

TEST(a_dead_man_cancels) {
  client c, w;
  bybit_open(&c, NULL);
  kraken_socket(&w, &c, "/v5/private");
  bybit_auth_as(&w, "sim-secret");
  say(&w, "{\"op\":\"subscribe\",\"args\":[\"dcp.spot\"]}");
  CHECK_HAS(bybit_call(&c, "POST", "/v5/order/disconnected-cancel-all", "{\"product\":\"SPOT\",\"timeWindow\":10}"),
            "\"retCode\":0");
  create(&c, SPOT_ORDER("\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":\"0.01\",\"price\":\"40000\""));
  advance(&c, 60000);
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/realtime", "category=spot"), "\"orderStatus\":\"New\"");
  sim_disconnect(w.connection);
  advance(&c, 9000);
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/realtime", "category=spot"), "\"orderStatus\":\"New\"");
  advance(&c, 1100);
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/history", "category=spot"), "\"cancelType\":\"CancelByDCP\"");
  client_close(&c);
}

TEST(who_says_nothing_is_cut_off) {
  client c, w;
  size_t length;
  bybit_open(&c, NULL);
  kraken_socket(&w, &c, "/v5/public/linear");
  advance(&c, 599000);
  CHECK_INT(sim_is_ending(w.connection), 0);
  advance(&c, 3000);
  (void)sim_output(w.connection, &length);
  CHECK(length >= 2);
  client_close(&c);
}

/* --- What nobody should send --- */

static uint64_t state = 3;

static uint32_t roll(uint32_t below) {
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(state >> 33) % below;
}

/* Members of a body or a query, put together at random. */
static void some_members(char *out, size_t size, int32_t json) {
  static const char *const names[] = {"category",
                                      "symbol",
                                      "side",
                                      "orderType",
                                      "qty",
                                      "price",
                                      "timeInForce",
                                      "orderLinkId",
                                      "orderId",
                                      "triggerPrice",
                                      "triggerDirection",
                                      "takeProfit",
                                      "stopLoss",
                                      "tpLimitPrice",
                                      "orderFilter",
                                      "marketUnit",
                                      "positionIdx",
                                      "reduceOnly",
                                      "limit",
                                      "cursor",
                                      "startTime",
                                      "endTime",
                                      "interval",
                                      "start",
                                      "end",
                                      "settleCoin",
                                      "baseCoin",
                                      "openOnly",
                                      "coin",
                                      "accountType",
                                      "amount",
                                      "transferId",
                                      "trailingStop",
                                      "mode",
                                      "buyLeverage",
                                      "sellLeverage",
                                      "request",
                                      "intervalTime",
                                      "timeWindow",
                                      "product"};
  static const char *const values[] = {"spot",      "linear",
                                       "BTCUSDT",   "ETHUSDT",
                                       "Buy",       "Sell",
                                       "Limit",     "Market",
                                       "0.01",      "1",
                                       "40000",     "90000",
                                       "GTC",       "PostOnly",
                                       "FOK",       "x1",
                                       "0",         "-1",
                                       "1e9",       "99999999999999999999",
                                       "tpslOrder", "StopOrder",
                                       "baseCoin",  "quoteCoin",
                                       "50",        "1700000000000",
                                       "D",         "M",
                                       "USDT",      "UNIFIED",
                                       "FUND",      "3",
                                       "1h",        "2000000000000100001",
                                       "\\u0001",   "%41"};
  size_t at = (size_t)snprintf(out, size, "%s", json ? "{" : "");
  for (uint32_t i = roll(12); i > 0; i--) {
    const char *name = names[roll(40)], *value = values[roll(36)];
    if (json && roll(5) == 0)
      at += (size_t)snprintf(out + at, size - at, "\"%s\":%s,", name,
                             roll(2)   ? "true"
                             : roll(2) ? "7"
                                       : "[{\"a\":1},null]");
    else
      at += (size_t)snprintf(out + at, size - at, json ? "\"%s\":\"%s\"," : "%s=%s&", name, value);
  }
  (void)snprintf(out + at, size - at, "%s", json ? "\"z\":0}" : "z=0");
}

TEST(garbage_is_answered) {
  static const char *const gets[] = {"order/realtime",
                                     "order/history",
                                     "execution/list",
                                     "position/list",
                                     "market/kline",
                                     "market/orderbook",
                                     "market/tickers",
                                     "market/recent-trade",
                                     "market/instruments-info",
                                     "account/wallet-balance",
                                     "account/transaction-log",
                                     "asset/withdraw/query-record",
                                     "position/closed-pnl",
                                     "market/funding/history",
                                     "market/open-interest"};
  static const char *const posts[] = {"order/create",
                                      "order/amend",
                                      "order/cancel",
                                      "order/cancel-all",
                                      "order/create-batch",
                                      "position/trading-stop",
                                      "position/set-leverage",
                                      "position/switch-mode",
                                      "asset/transfer/inter-transfer",
                                      "asset/withdraw/create",
                                      "account/set-margin-mode"};
  static const char *const topics[] = {
      "orderbook.50.BTCUSDT", "orderbook..", "kline.1.ETHUSDT", "tickers.", ".", "order", "dcp.x"};
  client c, w[3];
  char path[64], params[2048], message[2300];
  bybit_open(&c, NULL);
  kraken_socket(&w[0], &c, "/v5/public/linear");
  kraken_socket(&w[1], &c, "/v5/private");
  kraken_socket(&w[2], &c, "/v5/trade");
  bybit_auth_as(&w[1], "sim-secret");
  bybit_auth_as(&w[2], "sim-secret");
  for (int32_t i = 0; i < 3000; i++) {
    int32_t posted = roll(2) == 0;
    some_members(params, sizeof params, posted);
    (void)snprintf(path, sizeof path, "/v5/%s", posted ? posts[roll(11)] : gets[roll(15)]);
    bybit_call(&c, posted ? "POST" : "GET", path, params);
    CHECK_HAS(c.body, "{\"retCode\":");
    (void)snprintf(message, sizeof message, "{\"op\":\"%s\",\"args\":[\"%s\"]}", roll(2) ? "subscribe" : "unsubscribe",
                   topics[roll(7)]);
    if (roll(9) == 0) message[roll(20)] = (char)roll(128);
    say(&w[roll(2)], message);
    some_members(params, sizeof params, 1);
    (void)snprintf(message, sizeof message,
                   "{\"op\":\"order.%s\",\"header\":{\"X-BAPI-TIMESTAMP\":\"%lld\"},\"args\":[%s]}",
                   roll(2) ? "create" : "amend-batch", (long long)(sim_now_ns(c.s) / 1000000), params);
    say(&w[2], message);
    advance(&c, 100);
    for (int32_t k = 0; k < 3; k++)
      while (heard(&w[k]) != NULL) continue;
  }
  CHECK_HAS(client_get(&c, "/v5/market/time"), "\"retCode\":0");
  client_close(&c);
}

TEST_MAIN()
