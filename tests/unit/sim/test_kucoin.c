/* The KuCoin dialect, REST: whose requests are taken, pools of requests, the life of spot and futures orders, orders that
 * wait, and what is refused in which words. */
#include "kucoin.h"

#define LOW "\"type\":\"limit\",\"price\":\"20000\",\"size\":\"0.01\""
#define TS  "1767225600000"

/* --- Keys --- */

/* Signatures that Node's crypto made, for a moment of their own. */
TEST(signatures_of_another_library_hold) {
  static const struct {
    const char *signature, *method, *target, *body, *reply;
  } cases[] = {
      {"N3eUsOt46O179+HL86FbLbYmChdrqXJ1pW4TNzWcVJ8=", "GET", "/api/v1/hf/fills?symbol=BTC-USDT&limit=100", "",
       "{\"code\":\"200000\",\"data\":{\"items\":[],\"lastId\":0}}"},
      {"2dadC509x1C2jKOl7yOXJckdNCVpccLfS2ugfpbqfvc=", "POST", "/api/v1/hf/orders",
       "{\"clientOid\":\"lx0001\",\"symbol\":\"BTC-USDT\",\"side\":\"buy\",\"type\":\"limit\",\"price\":\"60000\","
       "\"size\":\"0.001\"}",
       "\"clientOid\":\"lx0001\""},
      {"SAroje/SEOFQUvLOFHJ/DPDX9t2gEzBFzFb0lwojClM=", "POST", "/api/v1/orders",
       "{\"clientOid\":\"lx0002\",\"symbol\":\"XBTUSDTM\",\"side\":\"sell\",\"type\":\"limit\",\"leverage\":5,"
       "\"price\":\"70000\",\"size\":3,\"marginMode\":\"CROSS\"}",
       "330005"},
      {"R87kmM5yyWCAylEvrb4la9scl9yG7t5jQgVVvZ8mD70=", "DELETE",
       "/api/v1/hf/orders/client-order/lx0001?symbol=BTC-USDT", "", "\"clientOid\":\"lx0001\""},
      {"7zToAV2plcKXk7JlIBriys53oeIGwYcPVKvhONiBi5s=", "POST", "/api/v1/bullet-private", "", "\"pingInterval\":18000"},
  };
  client c;
  kucoin_open(&c, NULL, 1);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const kucoin_terms terms = {kucoin_key, cases[i].signature, TS, KUCOIN_PASS, "3"};
    CHECK_HAS(kucoin_with(&c, &terms, cases[i].method, cases[i].target, cases[i].body), cases[i].reply);
    CHECK_INT(c.status, 200);
  }
  client_close(&c);
}

TEST(only_requests_that_hold_are_taken) {
  static const char path[] = "/api/v1/hf/fills?symbol=BTC-USDT&limit=100";
  static const char good[] = "N3eUsOt46O179+HL86FbLbYmChdrqXJ1pW4TNzWcVJ8=";
  static const char key[] = "65f0c0ffee0123456789abcd";
  static const struct {
    kucoin_terms terms;
    const char *code;
    int32_t status;
  } cases[] = {{{key, good, TS, KUCOIN_PASS, "2"}, "200000", 200},
               {{"nobody", good, TS, KUCOIN_PASS, "3"}, "400003", 401},
               {{key, "M3eUsOt46O179+HL86FbLbYmChdrqXJ1pW4TNzWcVJ8=", TS, KUCOIN_PASS, "3"}, "400005", 401},
               {{key, good, "1767225600001", KUCOIN_PASS, "3"}, "400005", 401},
               {{key, good, "1767225605001", KUCOIN_PASS, "3"}, "400002", 400},
               {{key, good, "1767225594999", KUCOIN_PASS, "3"}, "400002", 400},
               {{key, good, "soon", KUCOIN_PASS, "3"}, "400002", 400},
               {{key, good, TS, "demo-passphrase", "3"}, "400004", 401},
               {{key, good, TS, KUCOIN_PASS, "1"}, "400008", 401},
               {{key, good, TS, KUCOIN_PASS, "4"}, "400009", 401}};
  client c;
  char code[40];
  kucoin_open(&c, NULL, 1);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    (void)snprintf(code, sizeof code, "{\"code\":\"%s\"", cases[i].code);
    CHECK_HAS(kucoin_with(&c, &cases[i].terms, "GET", path, ""), code);
    CHECK_INT(c.status, cases[i].status);
  }
  CHECK_HAS(client_get(&c, path), "{\"code\":\"400001\"");
  CHECK_INT(c.status, 401);
  client_close(&c);
}

/* What the documents want signed is the text before it was encoded; most sign what they send. */
TEST(both_ways_to_sign_what_is_encoded_hold) {
  client c;
  char signature[129];
  kucoin_open(&c, NULL, 1);
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/accounts?currency=BT%43", ""), "\"currency\":\"BTC\"");
  kucoin_signature(signature, TS, "GET", "/api/v1/accounts?currency=BTC", "");
  const kucoin_terms terms = {kucoin_key, signature, TS, KUCOIN_PASS, "3"};
  CHECK_HAS(kucoin_with(&c, &terms, "GET", "/api/v1/accounts?currency=BT%43", ""), "\"currency\":\"BTC\"");
  client_close(&c);
}

TEST(keys_have_scopes_and_accounts) {
  client c;
  kucoin_open(&c, NULL, 1);
  kucoin_key = "reader";
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/accounts?type=trade", ""), "\"currency\":\"USDT\"");
  CHECK_HAS(kucoin_place(&c, "one", "buy", LOW), "{\"code\":\"400007\"");
  CHECK_INT(c.status, 403);
  kucoin_key = kucoin_keys[0].api_key;
  kucoin_place(&c, "one", "buy", LOW);
  kucoin_key = "another";
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/hf/orders/active?symbol=BTC-USDT", ""), "\"data\":[]");
  CHECK_HAS(kucoin(&c, "DELETE", "/api/v1/hf/orders/client-order/one?symbol=BTC-USDT", ""), "order_not_exist");
  client_close(&c);
}

TEST(a_clock_that_is_off_is_told) {
  client c;
  kucoin_open(&c, "[{\"fault\":\"skew\",\"skew_ms\":7000,\"to_ms\":60000}]", 1);
  CHECK_STR(client_get(&c, "/api/v1/timestamp"), "{\"code\":\"200000\",\"data\":1767225607000}");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/accounts", ""), "200000");
  const kucoin_terms late = {kucoin_key, "N3eUsOt46O179+HL86FbLbYmChdrqXJ1pW4TNzWcVJ8=", TS, KUCOIN_PASS, "3"};
  CHECK_HAS(kucoin_with(&c, &late, "GET", "/api/v1/hf/fills?symbol=BTC-USDT&limit=100", ""), "400002");
  client_close(&c);
}

/* --- Pools --- */

TEST(requests_are_counted_by_pool) {
  client c;
  kucoin_open(&c, NULL, 1);
  CHECK_HAS(client_get(&c, "/api/v1/market/allTickers"), "BTC-USDT");
  CHECK_HAS(c.reply, "gw-ratelimit-limit: 2000");
  CHECK_HAS(c.reply, "gw-ratelimit-remaining: 1985");
  CHECK_HAS(c.reply, "gw-ratelimit-reset: 30000");
  advance(&c, 10000);
  for (int32_t i = 0; i < 132; i++) client_get(&c, "/api/v1/market/allTickers");
  CHECK_HAS(c.reply, "gw-ratelimit-remaining: 5");
  CHECK_HAS(c.reply, "gw-ratelimit-reset: 20000");
  CHECK_STR(client_get(&c, "/api/v1/market/allTickers"), "{\"code\":\"429000\",\"msg\":\"Too many requests\"}");
  CHECK_INT(c.status, 429);
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/hf/orders/active?symbol=BTC-USDT", ""), "200000"); /* of another pool */
  CHECK_HAS(c.reply, "gw-ratelimit-limit: 4000");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/positions", ""), "200000");
  CHECK_HAS(c.reply, "gw-ratelimit-remaining: 1998");
  advance(&c, 20000);
  CHECK_HAS(client_get(&c, "/api/v1/market/allTickers"), "BTC-USDT");
  client_close(&c);
}

/* --- Public data --- */

TEST(markets_as_they_are) {
  client c;
  kucoin_open(&c, NULL, 1);
  client_get(&c, "/api/v2/symbols");
  CHECK_HAS(c.body, "\"baseIncrement\":\"0.00001\",\"quoteIncrement\":\"0.000001\",\"priceIncrement\":\"0.01\"");
  CHECK_HAS(c.body, "\"minFunds\":\"0.1\",\"isMarginEnabled\":false,\"enableTrading\":true");
  client_get(&c, "/api/v1/contracts/XBTUSDTM");
  CHECK_HAS(c.body, "\"baseCurrency\":\"XBT\",\"quoteCurrency\":\"USDT\",\"settleCurrency\":\"USDT\"");
  CHECK_HAS(c.body, "\"lotSize\":1,\"tickSize\":0.1,");
  CHECK_HAS(c.body, "\"multiplier\":0.001,");
  CHECK_HAS(client_get(&c, "/api/v1/market/orderbook/level1?symbol=NO-SUCH"), "{\"code\":\"900001\"");
  CHECK_INT(c.status, 200);
  CHECK_HAS(client_get(&c, "/api/v1/market/orderbook/level2_20?symbol=BTC-USDT"), "\"bids\":[[\"");
  CHECK_HAS(client_get(&c, "/api/v1/level2/depth20?symbol=XBTUSDTM"), "\"bids\":[[");
  CHECK_HAS(client_get(&c, "/api/v1/level2/depth20?symbol=BTC-USDT"), "\"code\":\"100003\"");
  CHECK_HAS(client_get(&c, "/api/v1/nothing"), "{\"code\":\"404000\",\"msg\":\"Url Not Found\"}");
  CHECK_INT(c.status, 404);
  client_close(&c);
}

/* --- Spot --- */

TEST(the_life_of_an_order) {
  client c;
  char id[128], path[256];
  kucoin_open(&c, NULL, 1);
  kucoin_place(&c, "a1", "buy", LOW);
  CHECK_HAS(c.body, "\"originSize\":\"0.01\",\"dealSize\":\"0\",\"remainSize\":\"0.01\",\"canceledSize\":\"0\"");
  CHECK_HAS(c.body, "\"status\":\"open\"");
  (void)snprintf(id, sizeof id, "%s", member_of(c.body, "orderId"));
  CHECK_INT(strlen(id), 24);
  CHECK_STR(kucoin_place(&c, "a1", "buy", LOW),
            "{\"code\":\"400100\",\"msg\":\"The clientOid has been used before.\"}");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/accounts?type=trade&currency=USDT", ""), "\"available\":\"999799.8\"");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/hf/orders/client-order/a1?symbol=BTC-USDT", ""),
            "\"inOrderBook\":true,\"active\":true");
  kucoin(&c, "POST", "/api/v1/hf/orders/alter",
         "{\"symbol\":\"BTC-USDT\",\"clientOid\":\"a1\",\"newPrice\":\"21000\",\"newSize\":\"0.02\"}");
  CHECK_STR(member_of(c.body, "clientOid"), "a1");
  CHECK(strcmp(member_of(c.body, "newOrderId"), id) != 0);
  (void)snprintf(path, sizeof path, "/api/v1/hf/orders/%s?symbol=BTC-USDT", id);
  CHECK_HAS(kucoin(&c, "GET", path, ""), "\"price\":\"21000\""); /* the one that took its place */
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/hf/orders/client-order/a1?symbol=BTC-USDT", ""),
            "\"price\":\"21000\",\"size\":\"0.02\"");
  kucoin(&c, "DELETE", "/api/v1/hf/orders/sync/client-order/a1?symbol=BTC-USDT", "");
  CHECK_HAS(c.body, "\"canceledSize\":\"0.02\",\"status\":\"done\"");
  CHECK_STR(kucoin(&c, "DELETE", "/api/v1/hf/orders/client-order/a1?symbol=BTC-USDT", ""),
            "{\"code\":\"400100\",\"msg\":\"order_not_exist_or_not_allow_to_cancel\"}");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/accounts?type=trade&currency=USDT", ""), "\"holds\":\"0\"");
  client_close(&c);
}

TEST(orders_that_fill_say_what_they_cost) {
  client c;
  kucoin_open(&c, NULL, 1);
  kucoin_place(&c, "m1", "buy", "\"type\":\"market\",\"funds\":\"100\"");
  CHECK_HAS(c.body, "\"status\":\"done\"");
  kucoin(&c, "GET", "/api/v1/hf/fills?symbol=BTC-USDT", "");
  CHECK_HAS(c.body, "\"side\":\"buy\",\"liquidity\":\"taker\",\"type\":\"market\"");
  CHECK_HAS(c.body, "\"feeRate\":\"0.001\",\"feeCurrency\":\"USDT\""); /* of either side */
  double funds = strtod(member_of(c.body, "funds"), NULL), fee = strtod(member_of(c.body, "fee"), NULL);
  CHECK(funds > 90 && funds <= 100 && fee > funds * 0.000999 && fee < funds * 0.001001);
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/hf/orders/done?symbol=BTC-USDT", ""), "\"clientOid\":\"m1\"");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/hf/accounts/ledgers?currency=BTC", ""),
            "\"bizType\":\"TRADE_EXCHANGE\",\"direction\":\"in\"");
  client_close(&c);
}

TEST(what_is_refused_of_spot) {
  static const struct {
    const char *more, *reply;
  } cases[] = {
      {"\"type\":\"limit\",\"price\":\"20000.001\",\"size\":\"0.01\"",
       "{\"code\":\"400100\",\"msg\":\"Price increment invalid.\"}"},
      {"\"type\":\"limit\",\"price\":\"20000\",\"size\":\"0.000001\"",
       "{\"code\":\"600100\",\"msg\":\"Order size increment invalid.\"}"},
      {"\"type\":\"limit\",\"price\":\"20000\",\"size\":\"1000\"",
       "{\"code\":\"200004\",\"msg\":\"Balance insufficient!\"}"},
      {"\"type\":\"limit\",\"price\":\"20000\",\"size\":\"0.01\",\"hidden\":true",
       "{\"code\":\"400100\",\"msg\":\"Hidden orders are not supported.\"}"},
  };
  client c;
  kucoin_open(&c, NULL, 1);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    CHECK_STR(kucoin_place(&c, "one", "buy", cases[i].more), cases[i].reply);
    CHECK_INT(c.status, 200);
  }
  /* One that would fill at once and must not is taken, and over at once. */
  CHECK_HAS(
      kucoin_place(&c, "post", "buy", "\"type\":\"limit\",\"price\":\"200000\",\"size\":\"0.01\",\"postOnly\":true"),
      "\"canceledSize\":\"0.01\",\"status\":\"done\"");
  CHECK_HAS(kucoin(&c, "POST", "/api/v1/hf/orders", "{"), "Request body is not JSON");
  client_close(&c);
}

TEST(many_at_once_and_the_dead_mans_switch) {
  client c;
  kucoin_open(&c, NULL, 1);
  kucoin(&c, "POST", "/api/v1/hf/orders/multi/sync",
         "{\"orderList\":[{\"clientOid\":\"b1\",\"symbol\":\"BTC-USDT\",\"side\":\"buy\"," LOW
         "},{\"clientOid\":\"b2\",\"symbol\":\"BTC-USDT\",\"side\":\"buy\",\"type\":\"limit\",\"price\":\"20000\","
         "\"size\":\"9999\"}]}");
  CHECK_HAS(c.body, "\"clientOid\":\"b1\"");
  CHECK_HAS(c.body, "\"success\":true},{\"success\":false,\"failMsg\":\"Balance insufficient!\"}]}");
  CHECK_HAS(kucoin(&c, "POST", "/api/v1/hf/orders/dead-cancel-all", "{\"timeout\":5,\"symbols\":\"BTC-USDT\"}"),
            "\"triggerTime\":1767225605");
  advance(&c, 4000);
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/hf/orders/client-order/b1?symbol=BTC-USDT", ""), "\"active\":true");
  advance(&c, 2000);
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/hf/orders/client-order/b1?symbol=BTC-USDT", ""), "\"active\":false");
  client_close(&c);
}

TEST(orders_that_wait) {
  client c;
  kucoin_open(&c, NULL, 1);
  kucoin(&c, "POST", "/api/v1/stop-order",
         "{\"clientOid\":\"s1\",\"symbol\":\"BTC-USDT\",\"side\":\"sell\"," LOW
         ",\"stop\":\"loss\",\"stopPrice\":\"21000\"}");
  CHECK_HAS(c.body, "{\"code\":\"200000\",\"data\":{\"orderId\":\"vs");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/stop-order/queryOrderByClientOid?clientOid=s1&symbol=BTC-USDT", ""),
            "\"status\":\"NEW\"");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/hf/orders/active?symbol=BTC-USDT", ""), "\"data\":[]"); /* kept apart */
  CHECK_HAS(kucoin(&c, "DELETE", "/api/v1/stop-order/cancelOrderByClientOid?clientOid=s1&symbol=BTC-USDT", ""),
            "\"clientOid\":\"s1\"");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/stop-order?symbol=BTC-USDT", ""), "\"totalNum\":0");
  /* One whose moment has come already becomes an order. */
  kucoin(&c, "POST", "/api/v1/stop-order",
         "{\"clientOid\":\"s2\",\"symbol\":\"BTC-USDT\",\"side\":\"buy\"," LOW
         ",\"stop\":\"loss\",\"stopPrice\":\"200000\"}");
  advance(&c, 1000);
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/hf/orders/active?symbol=BTC-USDT", ""), "\"clientOid\":\"s2\"");
  client_close(&c);
}

TEST(pairs_of_which_one_ends_the_other) {
  client c;
  kucoin_open(&c, NULL, 1);
  kucoin(&c, "POST", "/api/v3/oco/order",
         "{\"clientOid\":\"o1\",\"symbol\":\"BTC-USDT\",\"side\":\"sell\",\"price\":\"200000\",\"stopPrice\":\"20000\","
         "\"limitPrice\":\"19000\",\"size\":\"0.01\",\"tradeType\":\"TRADE\"}");
  CHECK_HAS(c.body, "\"orderId\"");
  CHECK_HAS(kucoin(&c, "GET", "/api/v3/oco/client-order/o1", ""), "\"status\":\"NEW\"");
  CHECK_HAS(kucoin(&c, "DELETE", "/api/v3/oco/client-order/o1", ""), "\"cancelledOrderIds\":[\"");
  CHECK_HAS(kucoin(&c, "GET", "/api/v3/oco/client-order/o1", ""), "\"status\":\"CANCELLED\"");
  client_close(&c);
}

TEST(faults_of_the_exchange) {
  client c;
  kucoin_open(&c,
              "[{\"fault\":\"unknown_status\",\"times\":1,\"to_ms\":500},{\"fault\":\"engine_busy\",\"from_ms\":1000,"
              "\"to_ms\":2000}]",
              1);
  CHECK_HAS(kucoin_place(&c, "one", "buy", LOW), "{\"code\":\"500000\"");
  CHECK_INT(c.status, 500);
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/hf/orders/client-order/one?symbol=BTC-USDT", ""),
            "\"active\":true"); /* it was */
  advance(&c, 1500);
  CHECK_HAS(kucoin_place(&c, "two", "buy", LOW), "{\"code\":\"503000\"");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/hf/orders/client-order/two?symbol=BTC-USDT", ""), "does not exist");
  client_close(&c);
}

/* --- Futures --- */

TEST(the_life_of_a_futures_order) {
  client c;
  kucoin_open(&c, NULL, 1);
  kucoin_futures(&c, "f1", "buy", "\"type\":\"limit\",\"price\":\"20000\",\"size\":10");
  CHECK_HAS(c.body, "\"clientOid\":\"f1\"");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/orders/byClientOid?clientOid=f1", ""),
            "\"size\":10,\"value\":\"200\",\"dealValue\":\"0\",\"dealSize\":0");
  CHECK_HAS(c.body, "\"marginMode\":\"ISOLATED\"");
  CHECK_STR(kucoin(&c, "DELETE", "/api/v1/orders/client-order/f1?symbol=XBTUSDTM", ""),
            "{\"code\":\"200000\",\"data\":{\"clientOid\":\"f1\"}}");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/orders/byClientOid?clientOid=f1", ""), "\"cancelExist\":true");
  CHECK_HAS(kucoin_futures(&c, "f2", "buy", "\"type\":\"limit\",\"price\":\"20000\",\"size\":1.5"), "\"100001\"");
  CHECK_HAS(
      kucoin_futures(&c, "f3", "buy", "\"type\":\"limit\",\"price\":\"20000\",\"size\":1,\"marginMode\":\"CROSS\""),
      "\"330005\"");
  client_close(&c);
}

TEST(positions_and_their_modes) {
  client c;
  kucoin_open(&c, NULL, 1);
  kucoin_futures(&c, "f1", "buy", "\"type\":\"market\",\"size\":10");
  kucoin(&c, "GET", "/api/v1/positions", "");
  CHECK_HAS(c.body, "\"currentQty\":10");
  CHECK_HAS(c.body, "\"isOpen\":true");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/fills?symbol=XBTUSDTM", ""), "\"size\":10");
  CHECK_HAS(c.body, "\"liquidity\":\"taker\"");
  CHECK_HAS(
      kucoin(&c, "POST", "/api/v2/position/changeMarginMode", "{\"symbol\":\"XBTUSDTM\",\"marginMode\":\"CROSS\"}"),
      "{\"code\":\"50002\",\"msg\":\"exist.order.or.position\"}");
  kucoin_futures(&c, "f2", "sell", "\"type\":\"market\",\"size\":10,\"reduceOnly\":true");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/positions", ""), "\"data\":[]");
  CHECK_HAS(
      kucoin(&c, "POST", "/api/v2/position/changeMarginMode", "{\"symbol\":\"XBTUSDTM\",\"marginMode\":\"CROSS\"}"),
      "\"marginMode\":\"CROSS\"");
  CHECK_HAS(kucoin(&c, "POST", "/api/v2/changeCrossUserLeverage", "{\"symbol\":\"XBTUSDTM\",\"leverage\":\"7\"}"),
            "\"data\":true");
  CHECK_HAS(kucoin(&c, "GET", "/api/v2/getCrossUserLeverage?symbol=XBTUSDTM", ""), "\"leverage\":\"7\"");
  client_close(&c);
}

TEST(futures_orders_that_wait) {
  client c;
  kucoin_open(&c, NULL, 1);
  kucoin_futures(&c, "w1", "sell",
                 "\"type\":\"market\",\"stop\":\"down\",\"stopPriceType\":\"TP\",\"stopPrice\":\"20000\","
                 "\"closeOrder\":true");
  kucoin(&c, "GET", "/api/v1/stopOrders?symbol=XBTUSDTM", "");
  CHECK_HAS(c.body, "\"stop\":\"down\",\"stopPriceType\":\"TP\",\"stopTriggered\":false,\"stopPrice\":\"20000\"");
  CHECK_HAS(kucoin(&c, "DELETE", "/api/v3/orders?symbol=XBTUSDTM", ""), "\"cancelledOrderIds\":[]"); /* kept apart */
  CHECK_HAS(kucoin(&c, "DELETE", "/api/v1/stopOrders?symbol=XBTUSDTM", ""), "\"cancelledOrderIds\":[\"");
  client_close(&c);
}

TEST_MAIN()
