/* USD-M of the Binance dialect: what it refuses and in which words, the lives of orders and of conditional ones, positions,
 * streams, listen keys. */
#include "client.h"

#define LIMIT "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=40000"

static void advance(client *c, int64_t ms) { sim_advance(c->s, sim_now_ns(c->s) + ms * 1000000); }

static int64_t number_in(const char *text, const char *name) {
  const char *found = strstr(text, name);
  return found == NULL ? -1 : strtoll(found + strlen(name) + (found[strlen(name)] == '"'), NULL, 10);
}

static int64_t last_price(client *c) {
  client_get(c, "/fapi/v2/ticker/price?symbol=BTCUSDT");
  return number_in(c->body, "\"price\":");
}

TEST(orders_that_are_refused) {
  static const struct {
    const char *params, *wanted;
  } rows[] = {
      {"side=BUY&type=MARKET&quantity=1", "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."},
      {"symbol=SOLUSDT&side=BUY&type=MARKET&quantity=1", "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}"},
      {"symbol=BTCUSDT&side=HOLD&type=MARKET&quantity=1", "{\"code\":-1117,\"msg\":\"Invalid side.\"}"},
      {"symbol=BTCUSDT&side=BUY&type=DREAM&quantity=1", "{\"code\":-1116,\"msg\":\"Invalid orderType.\"}"},
      {"symbol=BTCUSDT&side=SELL&type=STOP_MARKET&quantity=1&stopPrice=3", "{\"code\":-4120,"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=40000", "Mandatory parameter 'timeInForce'"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1", "Mandatory parameter 'price'"},
      {LIMIT "&colour=red", "{\"code\":-1104,"},
      {LIMIT "&positionSide=LONG", "{\"code\":-4061,\"msg\":\"Order's position side does not match user's setting.\"}"},
      {LIMIT "&newClientOrderId=0123456789012345678901234567890123456", "{\"code\":-4015,"},
      {LIMIT "&newClientOrderId=a+b", "{\"code\":-1100,"},
      {LIMIT "&reduceOnly=true", "{\"code\":-2022,\"msg\":\"ReduceOnly Order is rejected.\"}"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=40000.01",
       "{\"code\":-4014,\"msg\":\"Price not increased by tick size.\"}"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=4000", "{\"code\":-4024,"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.0001&price=40000",
       "{\"code\":-1111,\"msg\":\"Precision is over the maximum defined for this asset.\"}"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.001&price=40000",
       "{\"code\":-4164,\"msg\":\"Order's notional must be no smaller than 50 (unless you choose reduce only).\"}"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=900&price=40000",
       "{\"code\":-2019,\"msg\":\"Margin is insufficient.\"}"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTX&quantity=0.01&priceMatch=OPPONENT", "{\"code\":-5022,"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=FOK&quantity=0.01&price=40000", "{\"code\":-5021,"},
      {LIMIT "&goodTillDate=1", "{\"code\":-1106,\"msg\":\"Parameter 'goodTillDate' sent when not required.\"}"},
  };
  client c;
  client_open(&c, NULL);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    client_call(&c, "POST", "/fapi/v1/order", "%s", rows[i].params);
    CHECK_INT(c.status, 400);
    CHECK_HAS(c.body, rows[i].wanted);
  }
  client_call(&c, "GET", "/fapi/v1/openOrders", "%s", "");
  CHECK_STR(c.body, "[]");
  client_close(&c);
}

TEST(an_order_is_placed_changed_and_canceled) {
  client c;
  client_open(&c, NULL);
  client_call(&c, "POST", "/fapi/v1/order", LIMIT "&newClientOrderId=one:1/a.b");
  CHECK_INT(c.status, 200);
  CHECK_HAS(c.reply, "x-mbx-order-count-10s: 1\r\n");
  CHECK_HAS(c.reply, "x-mbx-order-count-1m: 1\r\n");
  CHECK_HAS(c.body, "\"status\":\"NEW\",\"clientOrderId\":\"one:1/a.b\",\"price\":\"40000.0\",\"origQty\":\"0.010\"");
  CHECK(strstr(c.body, "avgPrice") == NULL && strstr(c.body, "cumQuote") == NULL); /* no longer promised here */
  client_call(&c, "POST", "/fapi/v1/order", LIMIT "&newClientOrderId=one:1/a.b");
  CHECK_HAS(c.body, "{\"code\":-4116,\"msg\":\"ClientOrderId is duplicated.\"}");
  client_call(&c, "PUT", "/fapi/v1/order",
              "symbol=BTCUSDT&origClientOrderId=one:1/a.b&side=BUY&quantity=0.02&price=41000");
  CHECK_HAS(c.body, "\"price\":\"41000.0\",\"origQty\":\"0.020\"");
  client_call(&c, "PUT", "/fapi/v1/order",
              "symbol=BTCUSDT&origClientOrderId=one:1/a.b&side=BUY&quantity=0.02&price=41000");
  CHECK_HAS(c.body, "{\"code\":-5027,\"msg\":\"No need to modify the order.\"}");
  client_call(&c, "GET", "/fapi/v1/orderAmendment", "symbol=BTCUSDT&origClientOrderId=one:1/a.b");
  CHECK_HAS(c.body, "\"price\":{\"before\":\"40000.0\",\"after\":\"41000.0\"}");
  client_call(&c, "GET", "/fapi/v1/openOrders", "symbol=BTCUSDT");
  CHECK_HAS(c.body, "\"avgPrice\":\"0.00\"");
  client_call(&c, "DELETE", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=one:1/a.b");
  CHECK_HAS(c.body, "\"status\":\"CANCELED\"");
  client_call(&c, "DELETE", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=one:1/a.b");
  CHECK_HAS(c.body, "{\"code\":-2011,\"msg\":\"Unknown order sent.\"}");
  client_call(&c, "GET", "/fapi/v1/order", "symbol=BTCUSDT&orderId=1");
  CHECK_HAS(c.body, "{\"code\":-2013,\"msg\":\"Order does not exist.\"}");
  client_call(&c, "POST", "/fapi/v1/order",
              "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=IOC&quantity=0.01&price=40000&newOrderRespType=RESULT");
  CHECK_HAS(c.body, "\"status\":\"EXPIRED\"");
  /* its position is nobody else's: spot has a market of the same id */
  client_call(&c, "GET", "/api/v3/openOrders", "%s", "");
  CHECK_STR(c.body, "[]");
  client_close(&c);
}

/* Nothing that clients can write breaks it; what is too large is refused or cut to size. */
TEST(numbers_at_the_edge) {
  static const char *const rows[][3] = {
      {"GET", "/fapi/v1/klines", "symbol=BTCUSDT&interval=1m&startTime=1000000000000000000"},
      {"GET", "/fapi/v1/klines", "symbol=BTCUSDT&interval=1m&endTime=0"},
      {"GET", "/fapi/v1/fundingRate", "symbol=BTCUSDT&startTime=1000000000000000000"},
      {"GET", "/fapi/v1/fundingRate", "symbol=BTCUSDT&startTime=0&limit=5"},
      {"GET", "/futures/data/openInterestHist", "symbol=BTCUSDT&period=5m&startTime=1000000000000000000"},
      {"GET", "/futures/data/openInterestHist", "symbol=BTCUSDT&period=5m&startTime=0"},
      {"GET", "/fapi/v1/userTrades", "symbol=BTCUSDT&startTime=1000000000000000000"},
      {"POST", "/fapi/v1/countdownCancelAll", "symbol=BTCUSDT&countdownTime=1000000000000000000"},
      {"GET", "/sapi/v1/margin/capital-flow", "startTime=1000000000000000000"},
  };
  static const char *const refused[][3] = {
      {"POST", "/fapi/v1/order", LIMIT "&goodTillDate=9223372036854775807"},
      {"POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=9223372036854775807"},
      {"POST", "/fapi/v1/batchOrders", "batchOrders=%5B%5D"},
      {"POST", "/fapi/v1/batchOrders", "batchOrders=7"},
      {"POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=99999999999999"},
      {"POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=99999999999999"},
      {"POST", "/sapi/v1/margin/order",
       "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=9000&price=9999999999999999&sideEffectType=MARGIN_"
       "BUY"},
      {"POST", "/sapi/v1/margin/borrow-repay", "asset=BTC&amount=99999999999999&isIsolated=FALSE&type=BORROW"},
  };
  client c;
  client_open(&c, NULL);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char target[200];
    (void)snprintf(target, sizeof target, "%s?%s", rows[i][1], rows[i][2]);
    if (i < 6)
      client_get(&c, target);
    else
      client_call(&c, rows[i][0], rows[i][1], "%s", rows[i][2]);
    if (c.status != 200) TEST_FAIL("%s: %s", target, c.body);
  }
  for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
    client_call(&c, refused[i][0], refused[i][1], "%s", refused[i][2]);
    if (c.status != 400) TEST_FAIL("%s?%s: %d", refused[i][1], refused[i][2], c.status);
  }
  client_call(&c, "POST", "/fapi/v1/batchOrders", "%s", "batchOrders=%5B7%2C%22a%22%2C%7B%22symbol%22%3Anull%7D%5D");
  CHECK_HAS(c.body, "[{\"code\":-1102,");
  advance(&c, 1000);
  client_close(&c);
}

TEST(several_orders_at_once) {
  client c;
  client_open(&c, NULL);
  client_call(
      &c, "POST", "/fapi/v1/batchOrders",
      "batchOrders=%%5B%%7B%%22symbol%%22%%3A%%22BTCUSDT%%22%%2C%%22side%%22%%3A%%22BUY%%22%%2C%%22type%%22%%3A%%"
      "22LIMIT%%22%%2C"
      "%%22timeInForce%%22%%3A%%22GTC%%22%%2C%%22quantity%%22%%3A%%220.01%%22%%2C%%22price%%22%%3A%%2240000%%22%%7D%%2C"
      "%%7B%%22symbol%%22%%3A%%22BTCUSDT%%22%%7D%%5D");
  CHECK_INT(c.status, 200);
  CHECK_HAS(c.body, "\"status\":\"NEW\"");
  CHECK_HAS(c.body, ",{\"code\":-1102,");
  CHECK_HAS(c.reply, "x-mbx-order-count-10s: 5\r\n");
  char list[64];
  (void)snprintf(list, sizeof list, "%%5B%lld%%2C7%%5D", (long long)number_in(c.body, "\"orderId\":"));
  client_call(&c, "DELETE", "/fapi/v1/batchOrders", "symbol=BTCUSDT&orderIdList=%s", list);
  CHECK_HAS(c.body, "\"status\":\"CANCELED\"");
  CHECK_HAS(c.body, ",{\"code\":-2011,");
  client_close(&c);
}

TEST(a_position_is_opened_shown_and_closed) {
  client c;
  client_open(&c, NULL);
  client_call(&c, "GET", "/fapi/v3/positionRisk", "%s", "");
  CHECK_STR(c.body, "[]");
  client_call(&c, "POST", "/fapi/v1/order",
              "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.1&newOrderRespType=RESULT");
  CHECK_HAS(c.body, "\"status\":\"FILLED\"");
  client_call(&c, "GET", "/fapi/v3/positionRisk", "symbol=BTCUSDT");
  CHECK_HAS(c.body, "\"positionSide\":\"BOTH\",\"positionAmt\":\"-0.100\"");
  CHECK_HAS(c.body, "\"isolatedMargin\":\"0.00000000\"");
  CHECK(strstr(c.body, "leverage") == NULL && strstr(c.body, "marginType") == NULL); /* told by symbolConfig */
  client_call(&c, "GET", "/fapi/v1/userTrades", "symbol=BTCUSDT");
  CHECK_HAS(c.body, "\"side\":\"SELL\"");
  CHECK_HAS(c.body, "\"maker\":false,\"buyer\":false");
  client_call(&c, "GET", "/fapi/v1/income", "incomeType=COMMISSION");
  CHECK_HAS(c.body, "\"income\":\"-");
  client_call(&c, "POST", "/fapi/v1/marginType", "symbol=BTCUSDT&marginType=ISOLATED");
  CHECK_HAS(c.body, "{\"code\":-4048,");
  client_call(&c, "POST", "/fapi/v1/positionSide/dual", "dualSidePosition=true");
  CHECK_HAS(c.body, "{\"code\":-4068,");
  client_call(&c, "POST", "/fapi/v1/order",
              "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.5&reduceOnly=true&newOrderRespType=RESULT");
  CHECK_INT(c.status, 200);
  client_call(&c, "GET", "/fapi/v3/positionRisk", "symbol=BTCUSDT");
  CHECK_STR(c.body, "[]"); /* no more than it was */
  client_call(&c, "POST", "/fapi/v1/marginType", "symbol=BTCUSDT&marginType=ISOLATED");
  CHECK_STR(c.body, "{\"code\":200,\"msg\":\"success\"}");
  client_call(&c, "POST", "/fapi/v1/marginType", "symbol=BTCUSDT&marginType=ISOLATED");
  CHECK_HAS(c.body, "{\"code\":-4046,\"msg\":\"No need to change margin type.\"}");
  client_call(&c, "POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=126");
  CHECK_HAS(c.body, "{\"code\":-4028,\"msg\":\"Leverage 126 is not valid\"}");
  client_close(&c);
}

TEST(margin_is_added_to_an_isolated_position_and_comes_back) {
  client c;
  client_open(&c, NULL);
  client_call(&c, "POST", "/fapi/v1/marginType", "symbol=BTCUSDT&marginType=ISOLATED");
  client_call(&c, "POST", "/fapi/v1/positionMargin", "symbol=BTCUSDT&amount=100&type=1");
  CHECK_HAS(c.body, "{\"code\":-4054,");
  client_call(&c, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1");
  client_call(&c, "GET", "/fapi/v3/balance", "%s", "");
  int64_t before = number_in(c.body, "\"availableBalance\":"), wallet = number_in(c.body, "\"balance\":");
  client_call(&c, "POST", "/fapi/v1/positionMargin", "symbol=BTCUSDT&amount=100&type=1");
  CHECK_HAS(c.body, "\"amount\":\"100\"");
  client_call(&c, "GET", "/fapi/v3/balance", "%s", "");
  CHECK_INT(number_in(c.body, "\"availableBalance\":"), before - 100);
  CHECK_INT(number_in(c.body, "\"balance\":"), wallet);
  client_call(&c, "POST", "/fapi/v1/positionMargin", "symbol=BTCUSDT&amount=101&type=2");
  CHECK_HAS(c.body, "{\"code\":-4051,");
  client_call(&c, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.1");
  advance(&c, 1);
  client_call(&c, "GET", "/fapi/v3/balance", "%s", "");
  CHECK_INT(number_in(c.body, "\"availableBalance\":"), number_in(c.body, "\"balance\":"));
  client_close(&c);
}

TEST(conditional_orders_wait_and_become_orders) {
  client c;
  client_open(&c, NULL);
  int64_t last = last_price(&c);
  client_call(&c, "POST", "/fapi/v1/algoOrder",
              "algoType=CONDITIONAL&symbol=BTCUSDT&side=BUY&type=STOP_MARKET&quantity=0.01&triggerPrice=%lld",
              (long long)last - 1000);
  CHECK_HAS(c.body, "{\"code\":-2021,\"msg\":\"Order would immediately trigger.\"}");
  client_call(&c, "POST", "/fapi/v1/algoOrder",
              "algoType=CONDITIONAL&symbol=BTCUSDT&side=BUY&type=STOP_MARKET&quantity=0.01&clientAlgoId=stop&"
              "triggerPrice=%lld",
              (long long)last + 3);
  CHECK_HAS(c.body, "\"algoStatus\":\"NEW\"");
  int64_t id = number_in(c.body, "\"algoId\":");
  client_call(&c, "GET", "/fapi/v1/openOrders", "%s", "");
  CHECK_STR(c.body, "[]"); /* the engine does not know it, and it holds nothing */
  client_call(&c, "GET", "/fapi/v3/account", "%s", "");
  CHECK_HAS(c.body, "\"totalOpenOrderInitialMargin\":\"0.00000000\"");
  client_call(&c, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=3");
  advance(&c, 1);
  client_call(&c, "GET", "/fapi/v1/algoOrder", "algoId=%lld", (long long)id);
  CHECK_HAS(c.body, "\"algoStatus\":\"FINISHED\"");
  CHECK_HAS(c.body, "\"actualQty\":\"0.010\"");
  int64_t order = number_in(c.body, "\"actualOrderId\":");
  CHECK(order > 0 && order != id);
  client_call(&c, "GET", "/fapi/v1/order", "symbol=BTCUSDT&orderId=%lld", (long long)order);
  CHECK_HAS(c.body, "\"type\":\"MARKET\"");
  CHECK_HAS(c.body, "\"origType\":\"STOP_MARKET\"");
  CHECK_HAS(c.body, "\"clientOrderId\":\"stop\"");
  client_call(&c, "DELETE", "/fapi/v1/algoOrder", "algoId=%lld", (long long)id);
  CHECK_HAS(c.body, "{\"code\":-2011,");
  client_call(&c, "POST", "/fapi/v1/algoOrder",
              "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=TRAILING_STOP_MARKET&quantity=0.01&callbackRate=5");
  CHECK_HAS(c.body, "\"callbackRate\":\"5.00\"");
  client_call(&c, "POST", "/fapi/v1/algoOrder",
              "algoType=CONDITIONAL&symbol=BTCUSDT&side=SELL&type=TRAILING_STOP_MARKET&quantity=0.01&callbackRate=21");
  CHECK_INT(c.status, 400);
  client_call(&c, "DELETE", "/fapi/v1/algoOpenOrders", "symbol=BTCUSDT");
  CHECK_HAS(c.body, "{\"code\":200,");
  client_call(&c, "GET", "/fapi/v1/openAlgoOrders", "%s", "");
  CHECK_STR(c.body, "[]");
  client_close(&c);
}

TEST(the_countdown_cancels_all_orders) {
  client c;
  client_open(&c, NULL);
  client_call(&c, "POST", "/fapi/v1/order", LIMIT);
  client_call(&c, "POST", "/fapi/v1/countdownCancelAll", "symbol=BTCUSDT&countdownTime=1000");
  CHECK_STR(c.body, "{\"symbol\":\"BTCUSDT\",\"countdownTime\":\"1000\"}");
  advance(&c, 999);
  client_call(&c, "GET", "/fapi/v1/openOrders", "%s", "");
  CHECK_HAS(c.body, "\"NEW\"");
  advance(&c, 1);
  client_call(&c, "GET", "/fapi/v1/openOrders", "%s", "");
  CHECK_STR(c.body, "[]");
  client_close(&c);
}

TEST(funding_is_paid_every_eight_hours) {
  client c;
  client_open(&c, NULL);
  client_call(&c, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1");
  advance(&c, INT64_C(8) * 3600 * 1000);
  client_call(&c, "GET", "/fapi/v1/income", "incomeType=FUNDING_FEE");
  CHECK_HAS(c.body, "{\"symbol\":\"BTCUSDT\",\"incomeType\":\"FUNDING_FEE\",\"income\":\"-");
  CHECK(strstr(strstr(c.body, "FUNDING_FEE\",\"income") + 1, "\"incomeType\"") == NULL); /* once */
  client_close(&c);
}

/* --- Streams --- */

static sim_connection *connect_to(client *c, const char *target) {
  char text[512];
  sim_connection *connection = sim_connect(c->s, "10.0.0.1");
  (void)snprintf(text, sizeof text,
                 "GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
                 "13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                 target);
  sim_receive(connection, text, strlen(text));
  return connection;
}

/* Where a text is in what was sent; NULL: nowhere. Valid until more is sent. */
static const char *told(const sim_connection *connection, const char *part) {
  size_t length;
  const char *bytes = sim_output(connection, &length);
  return length == 0 ? NULL : memmem(bytes, length, part, strlen(part));
}

static void clear(sim_connection *connection) {
  size_t length;
  (void)sim_output(connection, &length);
  sim_sent(connection, length);
}

/* Time goes on, and pings are answered. */
static void stay(client *c, sim_connection *connection, int64_t minutes) {
  static const uint8_t pong[] = {0x8a, 0x80, 1, 2, 3, 4};
  for (int64_t i = 0; i < minutes; i++) {
    advance(c, 60000);
    sim_receive(connection, pong, sizeof pong);
  }
}

TEST(each_path_has_its_own_streams) {
  client c;
  client_open(&c, NULL);
  sim_connection *public =
      connect_to(&c, "/public/stream?streams=btcusdt@depth@100ms/btcusdt@aggTrade/btcusdt@bookTicker"),
                 *market =
                     connect_to(&c, "/market/stream?streams=btcusdt@aggTrade/btcusdt@depth@100ms/btcusdt@markPrice@1s");
  advance(&c, 7000);
  CHECK(told(public, "\"e\":\"depthUpdate\"") != NULL);
  CHECK(told(public, "\"e\":\"bookTicker\"") != NULL);
  CHECK(told(public, "aggTrade") == NULL);
  CHECK(told(market, "\"e\":\"aggTrade\"") != NULL);
  CHECK(told(market, "\"e\":\"markPriceUpdate\"") != NULL);
  CHECK(told(market, "depthUpdate") == NULL);
  client_close(&c);
}

TEST(each_change_of_the_book_names_the_one_before) {
  static const char *const streams[] = {"btcusdt@depth@100ms", "btcusdt@depth", "btcusdt@depth@500ms"};
  for (size_t i = 0; i < 3; i++) {
    client c;
    client_open(&c, NULL);
    char target[64];
    (void)snprintf(target, sizeof target, "/public/ws/%s", streams[i]);
    sim_connection *stream = connect_to(&c, target);
    int64_t last = -1, count = 0;
    for (int32_t round = 0; round < 20; round++) {
      advance(&c, 500);
      const char *at = told(stream, "\"U\":");
      if (at == NULL) continue;
      int64_t first = strtoll(at + 4, NULL, 10), now = number_in(at, "\"u\":"), previous = number_in(at, "\"pu\":");
      CHECK(first <= now && (last < 0 || previous == last));
      last = now;
      count++;
      clear(stream);
    }
    CHECK(count >= 5);
    client_get(&c, "/fapi/v1/depth?symbol=BTCUSDT&limit=5");
    CHECK(number_in(c.body, "\"lastUpdateId\":") >= last);
    client_close(&c);
  }
}

TEST(an_account_is_told_what_happens_until_its_key_dies) {
  client c;
  char target[160];
  client_open(&c, NULL);
  client_send(&c, "POST /fapi/v1/listenKey HTTP/1.1\r\nX-MBX-APIKEY: sim-key\r\n\r\n");
  const char *key = strstr(c.body, "listenKey\":\"");
  CHECK(key != NULL);
  if (key == NULL) return;
  (void)snprintf(target, sizeof target, "/private/ws?listenKey=%.64s", key + 12);
  sim_connection *user = connect_to(&c, target);
  client_call(&c, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.1");
  const char *placed = told(user, "\"x\":\"NEW\",\"X\":\"NEW\""), *account = told(user, "\"e\":\"ACCOUNT_UPDATE\""),
             *filled = told(user, "\"x\":\"TRADE\",\"X\":\"FILLED\"");
  CHECK(placed != NULL && account != NULL && filled != NULL && placed < account && account < filled);
  CHECK(told(user, "\"P\":[{\"s\":\"BTCUSDT\",\"pa\":\"0.100\"") != NULL);
  clear(user);
  client_call(&c, "POST", "/fapi/v1/order", LIMIT "&newClientOrderId=a");
  client_call(&c, "PUT", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=a&side=BUY&quantity=0.01&price=41000");
  client_call(&c, "DELETE", "/fapi/v1/order", "symbol=BTCUSDT&origClientOrderId=a");
  advance(&c, 1);
  CHECK(told(user, "\"x\":\"AMENDMENT\",\"X\":\"NEW\"") != NULL);
  CHECK(told(user, "\"x\":\"CANCELED\",\"X\":\"CANCELED\"") != NULL);
  CHECK(told(user, "ACCOUNT_UPDATE") == NULL); /* nothing of the wallet has changed */
  stay(&c, user, 59);
  CHECK(told(user, "listenKeyExpired") == NULL);
  client_send(&c, "PUT /fapi/v1/listenKey HTTP/1.1\r\nX-MBX-APIKEY: sim-key\r\n\r\n");
  CHECK_INT(c.status, 200);
  stay(&c, user, 59);
  CHECK(told(user, "listenKeyExpired") == NULL && sim_is_ending(user) == 0);
  stay(&c, user, 2);
  CHECK(told(user, "\"e\":\"listenKeyExpired\"") != NULL);
  client_send(&c, "PUT /fapi/v1/listenKey HTTP/1.1\r\nX-MBX-APIKEY: sim-key\r\n\r\n");
  CHECK_HAS(c.body, "{\"code\":-1125,\"msg\":\"This listenKey does not exist.\"}");
  client_close(&c);
}

TEST(a_planned_fault_kills_a_listen_key) {
  client c;
  char target[160];
  client_open(&c, "[{\"fault\": \"listen_key_dead\", \"from_ms\": 5000, \"times\": 1}]");
  client_send(&c, "POST /fapi/v1/listenKey HTTP/1.1\r\nX-MBX-APIKEY: sim-key\r\n\r\n");
  const char *key = strstr(c.body, "listenKey\":\"");
  if (key == NULL) TEST_FAIL("no key in %s", c.body);
  (void)snprintf(target, sizeof target, "/private/ws?listenKey=%.64s", key == NULL ? "" : key + 12);
  sim_connection *user = connect_to(&c, target);
  advance(&c, 4000);
  CHECK(told(user, "listenKeyExpired") == NULL);
  advance(&c, 3000);
  CHECK(told(user, "listenKeyExpired") != NULL);
  clear(user);
  client_call(&c, "POST", "/fapi/v1/order", LIMIT);
  CHECK(told(user, "ORDER_TRADE_UPDATE") == NULL);
  client_close(&c);
}

/* Of a long and a short position at 125 times, one is lost as soon as the price moves. */
TEST(a_position_that_is_lost_is_closed_by_the_exchange) {
  client c;
  char target[160];
  client_open(&c, NULL);
  client_call(&c, "POST", "/fapi/v1/marginType", "symbol=BTCUSDT&marginType=ISOLATED");
  client_call(&c, "POST", "/fapi/v1/leverage", "symbol=BTCUSDT&leverage=125");
  client_call(&c, "POST", "/fapi/v1/positionSide/dual", "dualSidePosition=true");
  client_send(&c, "POST /fapi/v1/listenKey HTTP/1.1\r\nX-MBX-APIKEY: sim-key\r\n\r\n");
  const char *key = strstr(c.body, "listenKey\":\"");
  (void)snprintf(target, sizeof target, "/private/ws?listenKey=%.64s", key == NULL ? "" : key + 12);
  sim_connection *user = connect_to(&c, target), *market = connect_to(&c, "/market/ws/!forceOrder@arr");
  client_call(&c, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=BUY&positionSide=LONG&type=MARKET&quantity=0.1");
  client_call(&c, "POST", "/fapi/v1/order", "symbol=BTCUSDT&side=SELL&positionSide=SHORT&type=MARKET&quantity=0.1");
  client_call(&c, "GET", "/fapi/v3/positionRisk", "symbol=BTCUSDT");
  CHECK_HAS(c.body, "\"positionSide\":\"LONG\",\"positionAmt\":\"0.100\"");
  CHECK_HAS(c.body, "\"positionSide\":\"SHORT\",\"positionAmt\":\"-0.100\"");
  for (int32_t i = 0; i < 50 && told(user, "autoclose-") == NULL; i++) {
    stay(&c, user, 1);
    sim_receive(market, "\x8a\x80\1\2\3\4", 6);
  }
  CHECK(told(user, "\"c\":\"autoclose-") != NULL);
  CHECK(told(user, "\"x\":\"CALCULATED\",\"X\":\"FILLED\"") != NULL);
  CHECK(told(market, "\"e\":\"forceOrder\"") != NULL);
  client_call(&c, "GET", "/fapi/v1/forceOrders", "symbol=BTCUSDT");
  CHECK_HAS(c.body, "\"status\":\"FILLED\",\"clientOrderId\":\"autoclose-");
  client_close(&c);
}

TEST_MAIN()
