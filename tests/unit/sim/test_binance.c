/* The Binance dialect: what it checks, what it refuses and in which words, budgets, orders. */
#include "client.h"

#define LIMIT "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=30000"

/* A request that is signed as it stands. */
static void signed_as(client *c, const char *method, const char *target, const char *query, const char *body,
                      const char *secret) {
  char payload[1024], signature[129], text[2048];
  (void)snprintf(payload, sizeof payload, "%s%s", query, body);
  (void)sim_hmac_hex(signature, 256, secret, strlen(secret), payload, strlen(payload));
  size_t length = body[0] == '\0' ? 0 : strlen(body) + strlen("&signature=") + 64;
  if (body[0] == '\0')
    (void)snprintf(text, sizeof text, "%s %s?%s&signature=%s HTTP/1.1\r\nX-MBX-APIKEY: sim-key\r\n\r\n", method, target,
                   query, signature);
  else
    (void)snprintf(text, sizeof text,
                   "%s %s?%s HTTP/1.1\r\nX-MBX-APIKEY: sim-key\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                   "Content-Length: %zu\r\n\r\n%s&signature=%s",
                   method, target, query, length, body, signature);
  client_send(c, text);
}

TEST(who_may_ask) {
  client c;
  client_open(&c, NULL);
  client_send(&c, "GET /api/v3/account HTTP/1.1\r\n\r\n");
  CHECK_INT(c.status, 401);
  CHECK_HAS(c.body, "{\"code\":-2014,\"msg\":\"API-key format invalid.\"}");
  client_send(&c, "GET /api/v3/account HTTP/1.1\r\nX-MBX-APIKEY: nobody\r\n\r\n");
  CHECK_INT(c.status, 401);
  CHECK_HAS(c.body, "{\"code\":-2015,\"msg\":\"Invalid API-key, IP, or permissions for action.\"}");
  client_send(&c, "GET /api/v3/account?timestamp=1 HTTP/1.1\r\nX-MBX-APIKEY: sim-key\r\n\r\n");
  CHECK_HAS(c.body, "Mandatory parameter 'signature' was not sent");
  CHECK_INT(c.status, 400);
  client_close(&c);
}

TEST(signatures) {
  client c;
  client_open(&c, NULL);
  signed_as(&c, "GET", "/api/v3/account", "timestamp=1700000000000", "", "sim-secret");
  CHECK_HAS(c.body, "\"canTrade\":true");
  signed_as(&c, "GET", "/api/v3/account", "timestamp=1700000000000", "", "another");
  CHECK_HAS(c.body, "{\"code\":-1022,\"msg\":\"Signature for this request is not valid.\"}");
  signed_as(&c, "POST", "/api/v3/order/test", "symbol=BTCUSDT&side=BUY",
            "type=LIMIT&timeInForce=GTC&quantity=0.01&price=30000&timestamp=1700000000000", "sim-secret");
  CHECK_STR(c.body, "{}");
  /* what is signed must have been percent-encoded before */
  signed_as(&c, "POST", "/api/v3/order/test", "", "symbol=[BTCUSDT]&timestamp=1700000000000", "sim-secret");
  CHECK_HAS(c.body, "-1022");
  client_close(&c);
}

TEST(times) {
  client c;
  client_open(&c, NULL);
  signed_as(&c, "GET", "/api/v3/account", "timestamp=1700000000999", "", "sim-secret");
  CHECK_INT(c.status, 200);
  signed_as(&c, "GET", "/api/v3/account", "timestamp=1700000001000", "", "sim-secret");
  CHECK_HAS(c.body, "{\"code\":-1021,\"msg\":\"Timestamp for this request was 1000ms ahead of the server's time.\"}");
  signed_as(&c, "GET", "/api/v3/account", "timestamp=1699999995000", "", "sim-secret");
  CHECK_INT(c.status, 200);
  signed_as(&c, "GET", "/api/v3/account", "timestamp=1699999994999", "", "sim-secret");
  CHECK_HAS(c.body, "{\"code\":-1021,\"msg\":\"Timestamp for this request is outside of the recvWindow.\"}");
  signed_as(&c, "GET", "/api/v3/account", "recvWindow=6000&timestamp=1699999994999", "", "sim-secret");
  CHECK_INT(c.status, 200);
  signed_as(&c, "GET", "/api/v3/account", "recvWindow=60001&timestamp=1700000000000", "", "sim-secret");
  CHECK_HAS(c.body, "-1131");
  signed_as(&c, "GET", "/api/v3/account", "timestamp=1700000000000000", "", "sim-secret"); /* microseconds */
  CHECK_INT(c.status, 200);
  client_close(&c);
}

TEST(weights_are_counted_refused_and_at_last_banned) {
  client c;
  client_open(&c, NULL);
  client_get(&c, "/api/v3/exchangeInfo");
  CHECK_HAS(c.reply, "x-mbx-used-weight-1m: 20\r\n");
  client_get(&c, "/api/v3/depth?symbol=BTCUSDT&limit=5000");
  CHECK_HAS(c.reply, "x-mbx-used-weight-1m: 270\r\n");
  for (int32_t i = 0; i < 22; i++) client_get(&c, "/api/v3/depth?symbol=BTCUSDT&limit=5000");
  CHECK_HAS(c.reply, "x-mbx-used-weight-1m: 5770\r\n");
  CHECK_INT(sim_violations(c.s), 0);
  client_get(&c, "/api/v3/depth?symbol=BTCUSDT&limit=5000");
  CHECK_INT(c.status, 429);
  CHECK_HAS(c.body, "{\"code\":-1003,\"msg\":\"Too much request weight used; current limit is 6000");
  CHECK_HAS(c.reply, "Retry-After: 41\r\n"); /* 22:13:20 to the next minute */
  CHECK_INT(sim_violations(c.s), 20);
  for (int32_t i = 0; i < 11; i++) client_get(&c, "/api/v3/depth?symbol=BTCUSDT&limit=5000");
  client_get(&c, "/api/v3/ping");
  CHECK_INT(c.status, 418);
  CHECK_HAS(c.body, "IP banned until 1700000120000");
  CHECK_HAS(c.reply, "Retry-After: 121\r\n");
  sim_advance(c.s, CLIENT_START + INT64_C(121000000000));
  client_get(&c, "/api/v3/ping");
  CHECK_INT(c.status, 200);
  client_close(&c);
}

TEST(orders_are_counted_until_they_fill) {
  client c;
  client_open(&c, NULL);
  client_call(&c, "POST", "/api/v3/order", LIMIT);
  CHECK_HAS(c.reply, "x-mbx-order-count-10s: 1\r\n");
  CHECK_HAS(c.reply, "x-mbx-order-count-1d: 1\r\n");
  CHECK_HAS(c.reply, "x-mbx-used-weight-1m: 0\r\n"); /* what succeeds is free */
  client_call(&c, "POST", "/api/v3/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.01");
  client_call(&c, "POST", "/api/v3/order", LIMIT);
  CHECK_HAS(c.reply, "x-mbx-order-count-10s: 2\r\n");
  client_call(&c, "DELETE", "/api/v3/order", "symbol=BTCUSDT&orderId=1");
  CHECK_HAS(c.reply, "x-mbx-used-weight-1m: 1\r\n"); /* what fails is not */
  CHECK(strstr(strstr(c.reply, "x-mbx-used-weight-1m") + 1, "x-mbx-used-weight-1m") == NULL);
  for (int32_t i = 0; i < 48; i++) client_call(&c, "POST", "/api/v3/order", LIMIT);
  CHECK_INT(c.status, 200);
  client_call(&c, "POST", "/api/v3/order", LIMIT);
  CHECK_INT(c.status, 429);
  CHECK_HAS(c.body, "{\"code\":-1015,\"msg\":\"Too many new orders; current limit is 50 orders per 10 SECOND.\"}");
  client_close(&c);
}

TEST(orders_that_are_refused) {
  static const struct {
    const char *params, *wanted;
  } rows[] = {
      {"side=BUY&type=MARKET&quantity=1", "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."},
      {"symbol=XXX&side=BUY&type=MARKET&quantity=1", "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}"},
      {"symbol=BTCUSDT&side=HOLD&type=MARKET&quantity=1", "{\"code\":-1117,\"msg\":\"Invalid side.\"}"},
      {"symbol=BTCUSDT&side=BUY&type=DREAM&quantity=1", "{\"code\":-1116,\"msg\":\"Invalid orderType.\"}"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=1", "Mandatory parameter 'timeInForce'"},
      {LIMIT "&stopPrice=3", "{\"code\":-1106,\"msg\":\"Parameter 'stopPrice' sent when not required.\"}"},
      {LIMIT "&colour=red",
       "{\"code\":-1104,\"msg\":\"Not all sent parameters were read; read '8' parameter(s) but was sent '9'.\"}"},
      {LIMIT "&newClientOrderId=a.b", "legal range is '^[a-zA-Z0-9-_]{1,36}$'."},
      {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=1e3", "-1100"},
      {"symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.123456789",
       "{\"code\":-1111,\"msg\":\"Parameter 'quantity' has too much precision.\"}"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=30000.001",
       "Filter failure: PRICE_FILTER"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=300",
       "Filter failure: PERCENT_PRICE_BY_SIDE"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.000001&price=30000", "Filter failure: LOT_SIZE"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.0001&price=30000", "Filter failure: NOTIONAL"},
      {"symbol=BTCUSDT&side=BUY&type=MARKET&quoteOrderQty=1", "Filter failure: NOTIONAL"},
      {"symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=100&price=30000",
       "{\"code\":-2010,\"msg\":\"Account has insufficient balance for requested action.\"}"},
      {"symbol=BTCUSDT&side=SELL&type=LIMIT_MAKER&quantity=0.01&price=30000",
       "{\"code\":-2010,\"msg\":\"Order would immediately match and take.\"}"},
      {"symbol=BTCUSDT&side=BUY&type=STOP_LOSS&quantity=0.01&stopPrice=30000",
       "{\"code\":-2010,\"msg\":\"Stop price would trigger immediately.\"}"},
      {"symbol=BTCUSDT&side=SELL&type=STOP_LOSS&quantity=0.01&trailingDelta=5", "Filter failure: TRAILING_DELTA"},
      {LIMIT "&newClientOrderId=dup", "{\"code\":-2010,\"msg\":\"Duplicate order sent.\"}"},
  };
  client c;
  client_open(&c, NULL);
  client_call(&c, "POST", "/api/v3/order", LIMIT "&newClientOrderId=dup");
  CHECK_INT(c.status, 200);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    client_call(&c, "POST", "/api/v3/order", "%s", rows[i].params);
    CHECK_INT(c.status, 400);
    CHECK_HAS(c.body, rows[i].wanted);
  }
  CHECK_HAS(client_call(&c, "GET", "/api/v3/order", "symbol=BTCUSDT&orderId=1"),
            "{\"code\":-2013,\"msg\":\"Order does not exist.\"}");
  CHECK_HAS(client_call(&c, "DELETE", "/api/v3/order", "symbol=BTCUSDT&orderId=1"),
            "{\"code\":-2011,\"msg\":\"Unknown order sent.\"}");
  client_close(&c);
}

TEST(replacing_in_two_halves) {
  client c;
  client_open(&c, NULL);
  client_call(&c, "POST", "/api/v3/order", LIMIT "&newClientOrderId=a");
  client_call(&c, "POST", "/api/v3/order/cancelReplace",
              "symbol=BTCUSDT&cancelReplaceMode=STOP_ON_FAILURE&cancelOrigClientOrderId=a&side=BUY&type=LIMIT&"
              "timeInForce=GTC&quantity=0.02&price=30000&newClientOrderId=b");
  CHECK_INT(c.status, 200);
  CHECK_HAS(c.body, "\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"SUCCESS\"");
  client_call(&c, "POST", "/api/v3/order/cancelReplace",
              "symbol=BTCUSDT&cancelReplaceMode=STOP_ON_FAILURE&cancelOrigClientOrderId=b&side=BUY&type=LIMIT&"
              "timeInForce=GTC&quantity=100&price=30000");
  CHECK_INT(c.status, 409);
  CHECK_HAS(c.body,
            "{\"code\":-2021,\"msg\":\"Order cancel-replace partially "
            "failed.\",\"data\":{\"cancelResult\":\"SUCCESS\",\"newOrderResult\":\"FAILURE\"");
  CHECK_HAS(c.body, "\"newOrderResponse\":{\"code\":-2010");
  client_call(&c, "POST", "/api/v3/order/cancelReplace",
              "symbol=BTCUSDT&cancelReplaceMode=STOP_ON_FAILURE&cancelOrigClientOrderId=b&side=BUY&type=LIMIT&"
              "timeInForce=GTC&quantity=0.01&price=30000");
  CHECK_INT(c.status, 400);
  CHECK_HAS(c.body, "\"code\":-2022");
  CHECK_HAS(c.body,
            "\"newOrderResult\":\"NOT_ATTEMPTED\",\"cancelResponse\":{\"code\":-2011,\"msg\":\"Unknown order "
            "sent.\"},\"newOrderResponse\":null");
  client_close(&c);
}

TEST(orders_end_as_the_exchange_says) {
  client c;
  client_open(&c, NULL);
  client_call(&c, "POST", "/api/v3/order",
              "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=FOK&quantity=0.01&price=30000&newClientOrderId=f");
  CHECK_HAS(c.body, "\"status\":\"EXPIRED\"");
  CHECK_HAS(client_call(&c, "GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=f"),
            "\"expiryReason\":\"UNFILLED_FOK_ORDER_EXPIRED\"");
  client_call(&c, "POST", "/api/v3/order",
              "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=IOC&quantity=0.01&price=30000&newClientOrderId=i");
  CHECK_HAS(c.body, "\"status\":\"EXPIRED\"");
  client_call(&c, "POST", "/api/v3/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quoteOrderQty=100");
  CHECK_HAS(c.body, "\"status\":\"FILLED\"");
  CHECK_HAS(c.body, "\"origQuoteOrderQty\":\"100.00000000\"");
  client_call(&c, "POST", "/api/v3/order", LIMIT "&newClientOrderId=x");
  CHECK_HAS(client_call(&c, "PUT", "/api/v3/order/amend/keepPriority",
                        "symbol=BTCUSDT&origClientOrderId=x&newQty=0.005&newClientOrderId=y"),
            "\"origClientOrderId\":\"x\",\"clientOrderId\":\"y\"");
  CHECK_HAS(
      client_call(&c, "PUT", "/api/v3/order/amend/keepPriority", "symbol=BTCUSDT&origClientOrderId=y&newQty=0.02"),
      "-2038");
  CHECK_HAS(client_call(&c, "DELETE", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=y&newClientOrderId=z"),
            "\"origClientOrderId\":\"y\"");
  CHECK_HAS(c.body, "\"clientOrderId\":\"z\"");
  CHECK_HAS(client_call(&c, "GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=y"), "\"status\":\"CANCELED\"");
  client_close(&c);
}

TEST(lists_of_orders) {
  client c;
  client_open(&c, NULL);
  client_call(&c, "POST", "/api/v3/orderList/oco",
              "symbol=BTCUSDT&side=SELL&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=90000&belowType=STOP_LOSS&"
              "belowStopPrice=30000&listClientOrderId=l");
  CHECK_HAS(c.body, "\"contingencyType\":\"OCO\",\"listStatusType\":\"EXEC_STARTED\"");
  CHECK_HAS(c.reply, "x-mbx-order-count-10s: 2\r\n");
  CHECK_HAS(client_call(&c, "GET", "/api/v3/openOrderList", "%s", ""), "\"listClientOrderId\":\"l\"");
  CHECK_HAS(client_call(&c, "DELETE", "/api/v3/orderList", "symbol=BTCUSDT&listClientOrderId=l"),
            "\"listOrderStatus\":\"ALL_DONE\"");
  client_call(&c, "POST", "/api/v3/orderList/otoco",
              "symbol=BTCUSDT&workingType=LIMIT&workingSide=BUY&workingPrice=30000&workingQuantity=0.01&"
              "workingTimeInForce=GTC&pendingSide=SELL&pendingQuantity=0.01&pendingAboveType=LIMIT_MAKER&"
              "pendingAbovePrice=90000&pendingBelowType=STOP_LOSS&pendingBelowStopPrice=20000");
  CHECK_HAS(c.body, "\"status\":\"PENDING_NEW\"");
  CHECK_HAS(client_call(&c, "POST", "/api/v3/orderList/oco",
                        "symbol=BTCUSDT&side=BUY&quantity=0.01&aboveType=LIMIT_MAKER&abovePrice=90000&"
                        "belowType=STOP_LOSS&belowStopPrice=30000"),
            "-1165");
  CHECK_HAS(client_call(&c, "DELETE", "/api/v3/openOrders", "symbol=BTCUSDT"), "\"orderReports\"");
  CHECK_HAS(client_call(&c, "DELETE", "/api/v3/openOrders", "symbol=BTCUSDT"), "-2011");
  client_close(&c);
}

TEST(what_is_away) {
  client c;
  client_open(&c,
              "[{\"fault\": \"maintenance\", \"from_ms\": 1000}, {\"fault\": \"engine_busy\", \"times\": 1}, "
              "{\"fault\": \"unknown_status\", \"times\": 1}]");
  CHECK_HAS(client_call(&c, "POST", "/api/v3/order", LIMIT), "-1008");
  CHECK_INT(c.status, 503);
  CHECK_HAS(client_call(&c, "POST", "/api/v3/order", LIMIT "&newClientOrderId=u"), "-1007");
  CHECK_INT(c.status, 504);
  CHECK_HAS(client_call(&c, "GET", "/api/v3/order", "symbol=BTCUSDT&origClientOrderId=u"), "\"status\":\"NEW\"");
  sim_advance(c.s, CLIENT_START + INT64_C(1000000000));
  client_get(&c, "/api/v3/time");
  CHECK_INT(c.status, 503);
  CHECK_HAS(client_get(&c, "/sapi/v1/system/status"), "\"status\":1");
  CHECK_INT(c.status, 200);
  client_close(&c);
}

TEST(the_same_seed_is_the_same_exchange) {
  char *first = NULL;
  for (int32_t round = 0; round < 2; round++) {
    client c;
    client_open(&c, NULL);
    sim_advance(c.s, CLIENT_START + INT64_C(7000000000));
    client_call(&c, "POST", "/api/v3/order", "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.5");
    client_send(&c, "GET /api/v3/depth?symbol=BTCUSDT HTTP/1.1\r\n\r\n");
    if (round == 0)
      first = strdup(c.reply);
    else
      CHECK_STR(c.reply, first);
    client_close(&c);
  }
  free(first);
}

TEST_MAIN()
