/* The KuCoin dialect, WebSocket: tokens of connections, books by number, own orders step by step, and orders as messages. */
#include "kucoin.h"

/* A connection with a token of its own. */
static void open_socket(client *socket, client *c, int32_t own) {
  char path[400];
  kucoin(c, "POST", own ? "/api/v1/bullet-private" : "/api/v1/bullet-public", "");
  const char *at = strstr(c->body, "\"token\":\"");
  CHECK(at != NULL);
  if (at == NULL) return;
  at += strlen("\"token\":\"");
  (void)snprintf(path, sizeof path, "/?token=%.*s&connectId=c1", (int)strcspn(at, "\""), at);
  kraken_socket(socket, c, path);
}

static void subscribe(client *socket, const char *topic, int32_t own) {
  char text[400];
  (void)snprintf(text, sizeof text,
                 "{\"id\":\"1\",\"type\":\"subscribe\",\"topic\":\"%s\",\"privateChannel\":%s,\"response\":true}",
                 topic, own ? "true" : "false");
  say(socket, text);
}

TEST(tokens_open_connections) {
  client c, socket;
  kucoin_open(&c, NULL, 1);
  open_socket(&socket, &c, 0);
  CHECK_STR(heard(&socket), "{\"id\":\"c1\",\"type\":\"welcome\"}");
  say(&socket, "{\"id\":\"5\",\"type\":\"ping\"}");
  CHECK_STR(heard(&socket), "{\"id\":\"5\",\"type\":\"pong\"}");
  subscribe(&socket, "/market/level2:BTC-USDT", 0);
  CHECK_STR(heard(&socket), "{\"id\":\"1\",\"type\":\"ack\"}");
  subscribe(&socket, "/nothing:BTC-USDT", 0);
  CHECK_HAS(heard(&socket), "\"type\":\"error\",\"code\":404");
  subscribe(&socket, "/spotMarket/tradeOrdersV2", 1); /* the token is nobody's */
  CHECK_HAS(heard(&socket), "\"type\":\"error\"");
  kraken_socket(&socket, &c, "/?token=wrong&connectId=c1");
  CHECK_HAS(heard(&socket), "\"type\":\"error\",\"code\":401,\"data\":\"token is expired\"");
  client_close(&c);
}

TEST(connections_that_say_nothing_are_closed) {
  client c, socket;
  kucoin_open(&c, NULL, 1);
  open_socket(&socket, &c, 0);
  CHECK_HAS(heard(&socket), "welcome");
  advance(&c, 20000);
  say(&socket, "{\"id\":\"5\",\"type\":\"ping\"}");
  CHECK_HAS(heard(&socket), "pong");
  advance(&c, 90000);
  size_t length;
  const uint8_t *bytes = sim_output(socket.connection, &length);
  CHECK(length >= 2 && bytes[0] == 0x88);
  client_close(&c);
}

/* What is told goes on without a gap, and turns the fetched state into the book that the exchange has. */
TEST(books_add_up) {
  enum { LEVELS = 4000 };
  static char keys[LEVELS][32], amounts[LEVELS][24];
  client c, socket;
  uint32_t count = 0, there = 0, alive = 0;
  long next = 0;
  kucoin_open(&c, NULL, 0);
  open_socket(&socket, &c, 0);
  subscribe(&socket, "/market/level2:BTC-USDT", 0);
  for (int32_t step = -1; step < 40; step++) {
    const char *text = NULL;
    static char whole[70000];
    if (step < 0) {
      (void)snprintf(whole, sizeof whole, "%s",
                     kucoin(&c, "GET", "/api/v3/market/orderbook/level2?symbol=BTC-USDT", ""));
      next = strtol(member_of(whole, "sequence"), NULL, 10) + 1;
      text = whole;
    } else {
      if (step == 10) kucoin_place(&c, "mine", "buy", "\"type\":\"limit\",\"price\":\"30000\",\"size\":\"0.01\"");
      advance(&c, 250);
    }
    while (text != NULL || (text = heard(&socket)) != NULL) {
      const char *asks = strstr(text, "\"asks\":["), *bids = strstr(text, "\"bids\":[");
      if (asks == NULL || bids == NULL) {
        text = NULL;
        continue;
      }
      if (step >= 0) {
        long start = strtol(member_of(text, "sequenceStart"), NULL, 10),
             end = strtol(member_of(text, "sequenceEnd"), NULL, 10);
        if (end < next) {
          text = NULL;
          continue;
        }
        CHECK(start <= next);
        next = end + 1;
      }
      for (const char *at = strstr(text, "[\""); at != NULL; at = strstr(at + 1, "[\"")) {
        char price[24], amount[24], key[32];
        int32_t ask = asks > bids ? at > asks : at < bids;
        if (sscanf(at, "[\"%23[0-9.]\",\"%23[0-9.]\"", price, amount) != 2) continue;
        (void)snprintf(key, sizeof key, "%c%s", ask ? 'a' : 'b', price);
        uint32_t i = 0;
        while (i < count && strcmp(keys[i], key) != 0) i++;
        if (i == LEVELS) continue;
        if (i == count) count++;
        (void)snprintf(keys[i], sizeof keys[i], "%s", key);
        (void)snprintf(amounts[i], sizeof amounts[i], "%s", amount);
      }
      text = NULL;
    }
  }
  for (uint32_t i = 0; i < count; i++) alive += strcmp(amounts[i], "0") != 0;
  kucoin(&c, "GET", "/api/v3/market/orderbook/level2?symbol=BTC-USDT", "");
  const char *asks = strstr(c.body, "\"asks\":["), *bids = strstr(c.body, "\"bids\":[");
  CHECK_INT(strtol(member_of(c.body, "sequence"), NULL, 10), next - 1);
  for (const char *at = strstr(c.body, "[\""); at != NULL; at = strstr(at + 1, "[\""), there++) {
    char price[24], amount[24], key[32];
    int32_t ask = asks > bids ? at > asks : at < bids;
    if (sscanf(at, "[\"%23[0-9.]\",\"%23[0-9.]\"", price, amount) != 2) continue;
    (void)snprintf(key, sizeof key, "%c%s", ask ? 'a' : 'b', price);
    uint32_t i = 0;
    while (i < count && strcmp(keys[i], key) != 0) i++;
    CHECK(i < count && strcmp(amounts[i], amount) == 0);
  }
  CHECK_INT(alive, there);
  CHECK(there > 30);
  client_close(&c);
}

TEST(own_orders_tell_each_step) {
  client c, socket;
  kucoin_open(&c, NULL, 1);
  open_socket(&socket, &c, 1);
  subscribe(&socket, "/spotMarket/tradeOrdersV2", 1);
  CHECK_HAS(heard_with(&socket, "ack"), "ack");
  kucoin_place(&c, "w1", "buy", "\"type\":\"limit\",\"price\":\"20000\",\"size\":\"0.01\"");
  CHECK_HAS(heard(&socket), "\"type\":\"received\"");
  const char *text = heard(&socket);
  CHECK_HAS(text, "\"subject\":\"orderChange\"");
  CHECK_HAS(text, "\"type\":\"open\"");
  CHECK_HAS(text, "\"clientOid\":\"w1\",\"remainSize\":\"0.01\",\"status\":\"open\",\"canceledSize\":\"0\"");
  kucoin_place(&c, "w2", "buy", "\"type\":\"market\",\"size\":\"0.001\"");
  CHECK_HAS(heard(&socket), "\"type\":\"received\"");
  text = heard(&socket);
  CHECK_HAS(text, "\"type\":\"match\"");
  CHECK_HAS(text, "\"matchSize\":\"0.001\",\"liquidity\":\"taker\"");
  CHECK_HAS(heard(&socket), "\"type\":\"filled\"");
  kucoin(&c, "DELETE", "/api/v1/hf/orders/client-order/w1?symbol=BTC-USDT", "");
  CHECK_HAS(heard(&socket), "\"remainSize\":\"0\",\"status\":\"done\",\"canceledSize\":\"0.01\"");
  kucoin_key = "another"; /* what others do is not told */
  kucoin_place(&c, "w3", "buy", "\"type\":\"limit\",\"price\":\"20000\",\"size\":\"0.01\"");
  CHECK(heard(&socket) == NULL);
  client_close(&c);
}

TEST(positions_and_balances_are_told) {
  client c, socket;
  kucoin_open(&c, NULL, 1);
  open_socket(&socket, &c, 1);
  subscribe(&socket, "/contract/positionAll", 1);
  subscribe(&socket, "/contractMarket/tradeOrders", 1);
  subscribe(&socket, "/account/balance", 1);
  for (int32_t i = 0; i < 3; i++) CHECK_HAS(heard_with(&socket, "ack"), "ack");
  kucoin_futures(&c, "f1", "buy", "\"type\":\"market\",\"size\":10");
  char all[20000] = "";
  for (const char *text; (text = heard(&socket)) != NULL;)
    if (strlen(all) + strlen(text) + 2 < sizeof all) (void)strcat(all, text);
  CHECK_HAS(all, "/contractMarket/tradeOrders");
  CHECK_HAS(all, "\"type\":\"match\"");
  CHECK_HAS(all, "\"currentQty\":10");
  kucoin_place(&c, "w1", "buy", "\"type\":\"limit\",\"price\":\"20000\",\"size\":\"0.01\"");
  CHECK_HAS(heard_with(&socket, "account.balance"), "\"currency\":\"USDT\"");
  client_close(&c);
}

/* --- Orders as messages --- */

static void open_entry(client *socket, const client *c, const char *sign, const char *timestamp) {
  char path[512];
  (void)snprintf(
      path, sizeof path,
      "/v1/"
      "private?apikey=65f0c0ffee0123456789abcd&sign=%s&passphrase=PJYYpwNL%%2FuwckCsVzvdns9Yc9gOFNOALzWf4ZWVFlac%%3D"
      "&timestamp=%s",
      sign, timestamp);
  kraken_socket(socket, c, path);
}

/* The signature is Node's. */
#define ENTRY_SIGN "NIFa6JgK9M9yaZzys%2BK5wBcRFD4RuwXSORfIYLkZATw%3D"

TEST(orders_as_messages) {
  client c, socket;
  char answer[129], challenge[256];
  kucoin_open(&c, NULL, 1);
  open_entry(&socket, &c, ENTRY_SIGN, "1767225600000");
  const char *text = heard(&socket);
  CHECK_HAS(text, "{\"sessionId\":\"");
  (void)snprintf(challenge, sizeof challenge, "%.255s", text == NULL ? "" : text);
  (void)sim_hmac_base64(answer, 256, KUCOIN_SECRET, strlen(KUCOIN_SECRET), challenge, strlen(challenge));
  say(&socket, answer);
  CHECK_HAS(heard(&socket), "\"data\":\"welcome\"");
  say(&socket,
      "{\"id\":\"7\",\"op\":\"spot.sync_order\",\"args\":{\"clientOid\":\"e1\",\"symbol\":\"BTC-USDT\",\"side\":"
      "\"buy\","
      "\"type\":\"limit\",\"price\":\"20000\",\"size\":\"0.01\"}}");
  text = heard(&socket);
  CHECK_HAS(text, "\"id\":\"7\"");
  CHECK_HAS(text, "\"op\":\"spot.sync_order\"");
  CHECK_HAS(text, "\"code\":\"200000\"");
  CHECK_HAS(text, "\"status\":\"open\"");
  say(&socket, "{\"id\":\"8\",\"op\":\"spot.cancel\",\"args\":{\"clientOid\":\"e1\",\"symbol\":\"BTC-USDT\"}}");
  CHECK_HAS(heard(&socket), "\"code\":\"200000\"");
  say(&socket,
      "{\"id\":\"9\",\"op\":\"futures.order\",\"args\":{\"clientOid\":\"e2\",\"symbol\":\"XBTUSDTM\",\"side\":\"buy\","
      "\"type\":\"limit\",\"price\":\"20000\",\"size\":10,\"leverage\":5}}");
  CHECK_HAS(heard(&socket), "\"code\":\"200000\"");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/orders/byClientOid?clientOid=e2", ""), "\"isActive\":true");
  client_close(&c);
}

TEST(whoever_cannot_answer_is_sent_away) {
  client c, socket;
  kucoin_open(&c, NULL, 1);
  open_entry(&socket, &c, ENTRY_SIGN, "1767225600001");
  CHECK_HAS(heard(&socket), "\"400005\"");
  open_entry(&socket, &c, ENTRY_SIGN, "1767225605001");
  CHECK_HAS(heard(&socket), "\"400002\"");
  open_entry(&socket, &c, ENTRY_SIGN, "1767225600000");
  CHECK_HAS(heard(&socket), "sessionId");
  say(&socket, "YqTb5kjoTdUVu/oa97LmsiekgnpKU/o3AT9xQTxqefQ="); /* to another challenge */
  CHECK_HAS(heard(&socket), "\"400011\"");
  client_close(&c);
}

TEST_MAIN()
