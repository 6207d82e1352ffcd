/* Requests and messages with bytes that are not as they should be: the exchange stays, and answers the next one. */
#include "coinbase.h"
#include "kucoin.h"

static uint64_t state = 1;

static uint32_t draw(uint32_t below) {
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (uint32_t)(state >> 33) % below;
}

static const char *const values[] = {"BTCUSDT",
                                     "ETHBTC",
                                     "BUY",
                                     "SELL",
                                     "LIMIT",
                                     "MARKET",
                                     "STOP_LOSS",
                                     "LIMIT_MAKER",
                                     "GTC",
                                     "FOK",
                                     "0.01",
                                     "0",
                                     "1",
                                     "-1",
                                     "60000",
                                     "30000",
                                     "0.00000001",
                                     "1e9",
                                     "99999999999999999999",
                                     "1000000000000000000",
                                     "9223372036854775807",
                                     "a",
                                     "%41",
                                     "%",
                                     "",
                                     "[\"BTCUSDT\"]",
                                     "1m",
                                     "1s",
                                     "1M",
                                     "true",
                                     "1700000000000",
                                     "100",
                                     "OCO",
                                     "STOP_ON_FAILURE",
                                     "UMFUTURE_MAIN",
                                     "MAIN_FUNDING",
                                     "USDT",
                                     "BTC"};
static const char *const names[] = {"symbol",
                                    "side",
                                    "type",
                                    "timeInForce",
                                    "quantity",
                                    "price",
                                    "quoteOrderQty",
                                    "stopPrice",
                                    "trailingDelta",
                                    "icebergQty",
                                    "newClientOrderId",
                                    "orderId",
                                    "origClientOrderId",
                                    "startTime",
                                    "endTime",
                                    "limit",
                                    "interval",
                                    "fromId",
                                    "symbols",
                                    "newQty",
                                    "cancelReplaceMode",
                                    "cancelOrderId",
                                    "aboveType",
                                    "belowType",
                                    "abovePrice",
                                    "belowStopPrice",
                                    "workingType",
                                    "pendingType",
                                    "asset",
                                    "amount",
                                    "coin",
                                    "recvWindow",
                                    "orderListId",
                                    "current",
                                    "size",
                                    "omitZeroBalances",
                                    "newOrderRespType"};
static const char *const calls[][2] = {{"GET", "/api/v3/depth"},
                                       {"GET", "/api/v3/klines"},
                                       {"GET", "/api/v3/aggTrades"},
                                       {"GET", "/api/v3/ticker/24hr"},
                                       {"GET", "/api/v3/exchangeInfo"},
                                       {"POST", "/api/v3/order"},
                                       {"DELETE", "/api/v3/order"},
                                       {"GET", "/api/v3/order"},
                                       {"POST", "/api/v3/order/cancelReplace"},
                                       {"PUT", "/api/v3/order/amend/keepPriority"},
                                       {"POST", "/api/v3/orderList/oco"},
                                       {"POST", "/api/v3/orderList/otoco"},
                                       {"GET", "/api/v3/allOrders"},
                                       {"GET", "/api/v3/myTrades"},
                                       {"GET", "/api/v3/openOrders"},
                                       {"DELETE", "/api/v3/openOrders"},
                                       {"POST", "/sapi/v1/asset/transfer"},
                                       {"GET", "/sapi/v1/asset/transfer"},
                                       {"POST", "/sapi/v1/capital/withdraw/apply"},
                                       {"GET", "/api/v3/allOrderList"},
                                       {"GET", "/sapi/v1/capital/deposit/address"}};

#define COUNT(array_) ((uint32_t)(sizeof(array_) / sizeof((array_)[0])))

static sim *fresh(client *c) {
  sim_options options;
  char text[256];
  memset(c, 0, sizeof *c);
  memset(&options, 0, sizeof options);
  options.exchange = "binance";
  options.now_ns = CLIENT_START;
  options.no_limits = 1;
  CHECK_INT(sim_new(&c->s, &options, text, sizeof text), BOURSE_OK);
  c->connection = sim_connect(c->s, "10.0.0.1");
  return c->s;
}

TEST(parameters_of_every_kind) {
  client c;
  int32_t placed = 0, other = 0;
  fresh(&c);
  for (int32_t i = 0; i < 6000; i++) {
    char params[700] = "symbol=BTCUSDT";
    const char *const *call = calls[draw(COUNT(calls))];
    size_t length = draw(8) == 0 ? 0 : strlen(params);
    int32_t whole = draw(3) == 0 && call[0][0] == 'P' && call[1][4] == '/';
    if (whole)
      length = (size_t)snprintf(
          params, sizeof params, "%ssymbol=BTCUSDT&side=%s&type=LIMIT&timeInForce=GTC&quantity=0.01&price=%d",
          strstr(call[1], "cancelReplace") == NULL ? "" : "cancelReplaceMode=ALLOW_FAILURE&cancelOrderId=1&",
          draw(2) == 0 ? "BUY" : "SELL", 40000 + (int32_t)draw(30000));
    for (uint32_t n = whole && draw(2) == 0 ? 0 : draw(6); n > 0 && length < 500; n--)
      length += (size_t)snprintf(params + length, sizeof params - length, "%s%s=%s", length == 0 ? "" : "&",
                                 names[draw(COUNT(names))], values[draw(COUNT(values))]);
    client_call(&c, call[0], call[1], "%s", params);
    if (c.status != 200 && c.status != 400 && c.status != 409)
      TEST_FAIL("%d for %s %s?%s", c.status, call[0], call[1], params);
    if (c.status != 200) CHECK_HAS(c.body, "\"code\":-");
    placed += c.status == 200 && call[0][0] == 'P';
    other += c.status == 409;
    if (draw(10) == 0) sim_advance(c.s, sim_now_ns(c.s) + draw(2000) * INT64_C(1000000));
  }
  CHECK(placed > 30);
  CHECK(other > 0);
  client_close(&c);
}

TEST(bytes_of_every_kind) {
  static const char *const requests[] = {
      "GET /api/v3/depth?symbol=BTCUSDT&limit=5 HTTP/1.1\r\nHost: x\r\n\r\n",
      "POST /api/v3/order HTTP/1.1\r\nContent-Length: 5\r\nX-MBX-APIKEY: sim-key\r\n\r\na=b&c",
      ("POST /api/v3/order HTTP/1.1\r\nTransfer-Encoding: chunked\r\nX-MBX-APIKEY: "
       "sim-key\r\n\r\n3\r\na=b\r\n0\r\n\r\n")};
  client c;
  fresh(&c);
  for (int32_t i = 0; i < 6000; i++) {
    char bytes[256];
    const char *request = requests[draw(COUNT(requests))];
    size_t length = strlen(request);
    memcpy(bytes, request, length);
    for (uint32_t n = draw(4); n > 0; n--) bytes[draw((uint32_t)length)] = (char)draw(256);
    sim_connection *one = sim_connect(c.s, "10.0.0.2");
    sim_receive(one, bytes, draw(4) == 0 ? draw((uint32_t)length) : length);
    sim_disconnect(one);
  }
  CHECK_HAS(client_get(&c, "/api/v3/time"), "serverTime");
  client_close(&c);
}

TEST(messages_of_every_kind) {
  static const char *const messages[] = {
      ("{\"id\":1,\"method\":\"order.place\",\"params\":{\"symbol\":\"BTCUSDT\",\"apiKey\":\"sim-key\",\"timestamp\":1}"
       "}"),
      "{\"id\":\"a\",\"method\":\"depth\",\"params\":{\"symbol\":\"BTCUSDT\",\"limit\":5}}",
      "{\"id\":null,\"method\":\"exchangeInfo\",\"params\":{\"symbols\":[\"BTCUSDT\",\"ETHBTC\"]}}",
      "{\"id\":1,\"method\":\"session.status\"}",
      "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@kline_1m\",\"!miniTicker@arr\"],\"id\":3}"};
  static const char *const paths[] = {"/ws-api/v3", "/ws", "/stream?streams=btcusdt@depth5/ethusdt@ticker"};
  for (uint32_t i = 0; i < 300; i++) {
    client c;
    char text[512];
    fresh(&c);
    (void)snprintf(text, sizeof text,
                   "GET %s HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                   paths[i % COUNT(paths)]);
    client_send(&c, text);
    for (int32_t n = 0; n < 12; n++) {
      char frame[300] = {(char)0x81, 0, 0, 0, 0, 0, 0, 0};
      const char *message = messages[draw(COUNT(messages))];
      size_t length = strlen(message);
      frame[1] = (char)(0x80 | 126); /* masked with zeros */
      frame[3] = (char)length;
      memcpy(frame + 8, message, length);
      for (uint32_t k = draw(3); k > 0; k--) frame[8 + draw((uint32_t)length)] = (char)draw(128);
      if (draw(50) == 0) frame[draw(4)] = (char)draw(256);
      sim_receive(c.connection, frame, length + 8);
      sim_advance(c.s, sim_now_ns(c.s) + INT64_C(700000000));
      client_take(&c);
    }
    client_close(&c);
  }
}

/* --- Exchanges whose requests are JSON --- */

static const char *const members[] = {"clientOid",
                                      "symbol",
                                      "side",
                                      "type",
                                      "price",
                                      "size",
                                      "funds",
                                      "stop",
                                      "stopPrice",
                                      "timeInForce",
                                      "postOnly",
                                      "leverage",
                                      "stopPriceType",
                                      "marginMode",
                                      "newPrice",
                                      "newSize",
                                      "orderId",
                                      "product_id",
                                      "order_ids",
                                      "order_id",
                                      "stop_price",
                                      "base_size",
                                      "quote_size",
                                      "limit_price",
                                      "end_time",
                                      "orderList",
                                      "client_order_id",
                                      "order_configuration",
                                      "visibleSize",
                                      "iceberg",
                                      "closeOrder",
                                      "reduceOnly",
                                      "hidden",
                                      "limitPrice",
                                      "cancelAfter"};
static const char *const json_values[] = {"\"BTC-USDT\"",
                                          "\"XBTUSDTM\"",
                                          "\"BTC-USD\"",
                                          "\"buy\"",
                                          "\"SELL\"",
                                          "\"limit\"",
                                          "\"market\"",
                                          "\"0.01\"",
                                          "\"30000\"",
                                          "\"-1\"",
                                          "\"1e9\"",
                                          "\"\"",
                                          "0",
                                          "-1",
                                          "1",
                                          "1e400",
                                          "99999999999999999999",
                                          "\"99999999999999999999999999999999999999999\"",
                                          "null",
                                          "true",
                                          "[]",
                                          "{}",
                                          "[null]",
                                          "[\"1\"]",
                                          "\"loss\"",
                                          "\"up\"",
                                          "\"TP\"",
                                          "\"CROSS\"",
                                          "\"GTC\"",
                                          "\"a1\"",
                                          "[{\"symbol\":1}]",
                                          "{\"limit_limit_gtc\":{\"base_size\":\"0.01\",\"limit_price\":1}}",
                                          "{\"market_market_ioc\":[]}",
                                          "\"\\u0000\""};

typedef struct json_exchange {
  void (*open)(client *c, const char *faults, int32_t still);
  const char *(*full)(client *c, const char *method, const char *target, const char *body);
  const char *calls[12][3]; /* method, target, a good body without its last brace */
  const char *messages[6];
  uint32_t call_count, message_count;
  const char *alive, *word;
} json_exchange;

#define KUCOIN_GOOD                                                                                                 \
  "{\"clientOid\":\"a1\",\"symbol\":\"BTC-USDT\",\"side\":\"buy\",\"type\":\"limit\",\"price\":\"30000\",\"size\":" \
  "\"0.01\""
#define KUCOIN_FGOOD                                                                                                  \
  "{\"clientOid\":\"f1\",\"symbol\":\"XBTUSDTM\",\"side\":\"buy\",\"type\":\"limit\",\"price\":\"30000\",\"size\":2," \
  "\"leverage\":5"
#define BROKERAGE "/api/v3/brokerage"

static const json_exchange json_exchanges[] = {
    {kucoin_open,
     kucoin,
     {{"POST", "/api/v1/hf/orders", KUCOIN_GOOD},
      {"POST", "/api/v1/hf/orders/sync", KUCOIN_GOOD},
      {"POST", "/api/v1/hf/orders/alter", "{\"symbol\":\"BTC-USDT\",\"clientOid\":\"a1\",\"newPrice\":\"29000\""},
      {"POST", "/api/v1/hf/orders/multi", "{\"orderList\":[" KUCOIN_GOOD "}]"},
      {"POST", "/api/v1/stop-order", KUCOIN_GOOD ",\"stop\":\"loss\",\"stopPrice\":\"20000\""},
      {"POST", "/api/v3/oco/order", KUCOIN_GOOD ",\"stopPrice\":\"90000\",\"limitPrice\":\"91000\""},
      {"POST", "/api/v1/orders", KUCOIN_FGOOD},
      {"POST", "/api/v1/st-orders", KUCOIN_FGOOD ",\"stopPriceType\":\"TP\",\"triggerStopUpPrice\":\"90000\""},
      {"DELETE", "/api/v1/stop-order/cancel", ""},
      {"GET", "/api/v1/hf/fills?symbol=BTC-USDT&limit=x", ""}},
     {"{\"id\":\"1\",\"type\":\"subscribe\",\"topic\":\"/market/level2:BTC-USDT,ETH-USDT\",\"response\":true}",
      "{\"id\":\"2\",\"type\":\"subscribe\",\"topic\":\"/contractMarket/limitCandle:XBTUSDTM_1min\",\"response\":true}",
      "{\"id\":\"3\",\"type\":\"unsubscribe\",\"topic\":\"/market/level2:BTC-USDT\"}",
      "{\"id\":\"4\",\"type\":\"ping\"}"},
     10,
     4,
     "/api/v1/timestamp",
     "200000"},
    {coinbase_open,
     coinbase_full,
     {{"POST", BROKERAGE "/orders",
       "{\"client_order_id\":\"a1\",\"product_id\":\"BTC-USD\",\"side\":\"BUY\",\"order_configuration\":"
       "{\"limit_limit_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"30000\"}}"},
      {"POST", BROKERAGE "/orders",
       "{\"client_order_id\":\"a2\",\"product_id\":\"BTC-USD\",\"side\":\"BUY\",\"order_configuration\":"
       "{\"market_market_ioc\":{\"quote_size\":\"100\"}}"},
      {"POST", BROKERAGE "/orders/edit", "{\"order_id\":\"1\",\"price\":\"29000\",\"size\":\"0.02\""},
      {"POST", BROKERAGE "/orders/batch_cancel", "{\"order_ids\":[\"1\"]"},
      {"POST", BROKERAGE "/orders/preview", "{\"product_id\":\"BTC-USD\",\"side\":\"BUY\""},
      {"GET", BROKERAGE "/orders/historical/batch?limit=x&product_ids=%", ""},
      {"GET", BROKERAGE "/products/BTC-USD/candles?start=x&end=-1&granularity=", ""}},
     {"{\"type\":\"subscribe\",\"product_ids\":[\"BTC-USD\"],\"channel\":\"level2\"}",
      "{\"type\":\"subscribe\",\"product_ids\":[\"BTC-USD\"],\"channel\":\"user\",\"jwt\":\"a.b.c\"}",
      "{\"type\":\"unsubscribe\",\"product_ids\":[\"BTC-USD\"],\"channel\":\"level2\"}",
      "{\"type\":\"subscribe\",\"channel\":\"heartbeats\"}"},
     7,
     4,
     BROKERAGE "/time",
     "epochSeconds"},
};

/* The good body with members doubled or of another kind, or with a byte changed; as often as it is. */
static void spoil(char *out, size_t size, const char *good) {
  size_t length = (size_t)snprintf(out, size, "%s", good);
  if (length == 0) return;
  uint32_t kind = draw(4);
  for (uint32_t n = kind == 0 ? 0 : draw(4); n > 0 && length < size - 200; n--)
    length += (size_t)snprintf(out + length, size - length, ",\"%s\":%s", members[draw(COUNT(members))],
                               json_values[draw(COUNT(json_values))]);
  length += (size_t)snprintf(out + length, size - length, "}");
  for (uint32_t n = kind == 3 ? 1 + draw(3) : 0; n > 0; n--) out[draw((uint32_t)length)] = (char)(1 + draw(127));
}

TEST(bodies_of_every_kind) {
  for (uint32_t e = 0; e < COUNT(json_exchanges); e++) {
    const json_exchange *at = &json_exchanges[e];
    client c;
    int32_t good = 0, bad = 0;
    at->open(&c, NULL, 0);
    for (int32_t i = 0; i < 3000; i++) {
      char body[1600];
      const char *const *call = at->calls[draw(at->call_count)];
      spoil(body, sizeof body, call[2]);
      at->full(&c, call[0], call[1], body);
      if (c.status < 200 || c.status >= 500) TEST_FAIL("%d for %s %s %s", c.status, call[0], call[1], body);
      good += c.status == 200 && strstr(c.body, at->word) != NULL;
      bad += c.status >= 400 || strstr(c.body, at->word) == NULL;
      sim_advance(c.s, sim_now_ns(c.s) + (1 + draw(10)) * INT64_C(100000000));
    }
    CHECK(bad > 100);
    CHECK_HAS(at->full(&c, "GET", at->alive, ""), at->word);
    if (strcmp(at->word, "200000") == 0) CHECK(good > 100);
    client_close(&c);
  }
}

TEST(messages_of_json_exchanges) {
  for (uint32_t i = 0; i < 200; i++) {
    const json_exchange *at = &json_exchanges[i % COUNT(json_exchanges)];
    client c;
    char text[1200], token[300] = "";
    at->open(&c, NULL, 0);
    if (at->full == kucoin) {
      const char *told = strstr(kucoin(&c, "POST", "/api/v1/bullet-private", ""), "\"token\":\"");
      if (told == NULL) TEST_FAIL("no token");
      (void)snprintf(token, sizeof token, "?connectId=1&token=%.*s", (int)strcspn(told + 9, "\""), told + 9);
    }
    (void)snprintf(text, sizeof text,
                   "GET /%s HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                   token);
    client_send(&c, text);
    CHECK_INT(c.status, 101);
    for (int32_t n = 0; n < 12; n++) {
      char frame[300] = {(char)0x81, 0, 0, 0, 0, 0, 0, 0};
      const char *message = at->messages[draw(at->message_count)];
      size_t length = strlen(message);
      frame[1] = (char)(0x80 | 126); /* masked with zeros */
      frame[3] = (char)length;
      memcpy(frame + 8, message, length);
      for (uint32_t k = draw(3); k > 0; k--) frame[8 + draw((uint32_t)length)] = (char)draw(128);
      if (draw(50) == 0) frame[draw(4)] = (char)draw(256);
      sim_receive(c.connection, frame, length + 8);
      sim_advance(c.s, sim_now_ns(c.s) + INT64_C(700000000));
      client_take(&c);
    }
    client_close(&c);
  }
}

TEST_MAIN()
