/* Margin of the Binance dialect: loans, orders that borrow and pay back, isolated accounts, listen tokens. */
#include "client.h"

#define LIMIT "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=40000"

static void advance(client *c, int64_t ms) { sim_advance(c->s, sim_now_ns(c->s) + ms * 1000000); }

static void fund(client *c, const char *type, const char *more) {
  client_call(c, "POST", "/sapi/v1/asset/transfer", "type=%s&asset=USDT&amount=1000%s", type, more);
  CHECK_INT(c->status, 200);
}

/* The row of a currency in the cross account. */
static const char *asset(client *c, const char *currency) {
  static char row[300];
  char begins[40];
  client_call(c, "GET", "/sapi/v1/margin/account", "%s", "");
  (void)snprintf(begins, sizeof begins, "{\"asset\":\"%s\"", currency);
  const char *found = strstr(c->body, begins);
  (void)snprintf(row, sizeof row, "%.*s", found == NULL ? 0 : (int)strcspn(found, "}"), found == NULL ? "" : found);
  return row;
}

TEST(what_is_borrowed_is_owed_until_it_is_paid_back) {
  client c;
  client_open(&c, NULL);
  client_call(&c, "POST", "/sapi/v1/margin/borrow-repay", "asset=BTC&amount=0.01&isIsolated=FALSE&type=BORROW");
  CHECK_HAS(c.body, "{\"code\":-3006,"); /* there is nothing behind it */
  fund(&c, "MAIN_MARGIN", "");
  client_call(&c, "POST", "/sapi/v1/margin/borrow-repay", "asset=BTC&amount=0.01&isIsolated=FALSE&type=BORROW");
  CHECK_HAS(c.body, "{\"tranId\":2000");
  CHECK_HAS(asset(&c, "BTC"), "\"borrowed\":\"0.01000000\",\"free\":\"0.01000000\"");
  CHECK_HAS(asset(&c, "BTC"), "\"netAsset\":\"0.00000000\"");
  client_call(&c, "POST", "/sapi/v1/margin/borrow-repay", "asset=BTC&amount=10&isIsolated=FALSE&type=BORROW");
  CHECK_HAS(c.body, "{\"code\":-3006,");
  client_call(&c, "POST", "/sapi/v1/asset/transfer", "type=MARGIN_MAIN&asset=USDT&amount=1000.01");
  CHECK_HAS(c.body, "{\"code\":-5013,");
  client_call(&c, "POST", "/sapi/v1/margin/order", "symbol=BTCUSDT&side=SELL&type=MARKET&quantity=0.01");
  CHECK_HAS(c.body, "\"isIsolated\":false");
  client_call(&c, "POST", "/sapi/v1/margin/borrow-repay", "asset=BTC&amount=0.01&isIsolated=FALSE&type=REPAY");
  CHECK_HAS(c.body, "{\"code\":-3041,");
  client_call(&c, "POST", "/sapi/v1/margin/order",
              "symbol=BTCUSDT&side=BUY&type=MARKET&quantity=0.0101&sideEffectType=AUTO_REPAY");
  CHECK_HAS(asset(&c, "BTC"), "\"borrowed\":\"0.00000000\"");
  client_call(&c, "GET", "/sapi/v1/margin/borrow-repay", "type=REPAY&asset=BTC");
  CHECK_HAS(c.body, "\"principal\":\"0.01000000\",\"status\":\"CONFIRMED\"");
  CHECK_HAS(c.body, "\"total\":1}");
  client_close(&c);
}

TEST(an_order_borrows_what_is_missing_and_gives_it_back_when_it_is_refused) {
  client c;
  client_open(&c, NULL);
  fund(&c, "MAIN_MARGIN", "");
  client_call(&c, "POST", "/sapi/v1/margin/order",
              "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.03&price=40000");
  CHECK_HAS(c.body, "{\"code\":-2010,\"msg\":\"Account has insufficient balance for requested action.\"}");
  client_call(&c, "POST", "/sapi/v1/margin/order",
              "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.03&price=40000&sideEffectType=MARGIN_BUY&"
              "stopPrice=1");
  CHECK_INT(c.status, 400);
  CHECK_HAS(asset(&c, "USDT"), "\"borrowed\":\"0.00000000\"");
  client_call(&c, "POST", "/sapi/v1/margin/order",
              "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.03&price=40000&sideEffectType=MARGIN_BUY");
  CHECK_HAS(c.body, "\"marginBuyBorrowAmount\":\"200\",\"marginBuyBorrowAsset\":\"USDT\"");
  CHECK_HAS(asset(&c, "USDT"), "\"borrowed\":\"200.00000000\",\"free\":\"0.00000000\"");
  client_call(&c, "GET", "/api/v3/openOrders", "%s", "");
  CHECK_STR(c.body, "[]"); /* the spot account is another */
  client_call(&c, "DELETE", "/sapi/v1/margin/openOrders", "symbol=BTCUSDT");
  CHECK_HAS(c.body, "\"status\":\"CANCELED\"");
  client_close(&c);
}

TEST(an_isolated_account_is_that_of_its_market) {
  client c;
  client_open(&c, NULL);
  client_call(&c, "POST", "/sapi/v1/asset/transfer", "type=MARGIN_ISOLATEDMARGIN&asset=USDT&amount=1");
  CHECK_HAS(c.body, "{\"code\":-11001,");
  fund(&c, "MAIN_MARGIN", "");
  fund(&c, "MARGIN_ISOLATEDMARGIN", "&toSymbol=BTCUSDT");
  client_call(&c, "GET", "/sapi/v1/margin/isolated/account", "symbols=BTCUSDT");
  CHECK_HAS(c.body, "\"free\":\"1000.00000000\"");
  client_call(&c, "POST", "/sapi/v1/margin/order", LIMIT "&isIsolated=TRUE");
  CHECK_HAS(c.body, "\"isIsolated\":true");
  client_call(&c, "GET", "/sapi/v1/margin/openOrders", "symbol=BTCUSDT&isIsolated=TRUE");
  CHECK_HAS(c.body, "\"status\":\"NEW\"");
  client_call(&c, "GET", "/sapi/v1/margin/openOrders", "symbol=BTCUSDT");
  CHECK_STR(c.body, "[]");
  client_close(&c);
}

static void say(sim_connection *connection, const char *text) {
  size_t length = strlen(text), at = 0;
  uint8_t bytes[400];
  bytes[at++] = 0x81;
  bytes[at++] = (uint8_t)(0x80 | (length < 126 ? length : 126));
  if (length >= 126) {
    bytes[at++] = (uint8_t)(length >> 8);
    bytes[at++] = (uint8_t)length;
  }
  for (int32_t i = 0; i < 4; i++) bytes[at++] = 0;
  memcpy(bytes + at, text, length);
  sim_receive(connection, bytes, at + length);
}

static const char *told(const sim_connection *connection, const char *part) {
  size_t length;
  const char *bytes = sim_output(connection, &length);
  return length == 0 ? NULL : memmem(bytes, length, part, strlen(part));
}

TEST(events_come_by_a_token_until_it_ends) {
  client c;
  char text[200];
  client_open(&c, NULL);
  fund(&c, "MAIN_MARGIN", "");
  client_send(&c, "POST /sapi/v1/userListenToken?validity=60000 HTTP/1.1\r\nX-MBX-APIKEY: sim-key\r\n\r\n");
  const char *token = strstr(c.body, "\"token\":\"");
  if (token == NULL) TEST_FAIL("no token in %s", c.body);
  sim_connection *socket = sim_connect(c.s, "10.0.0.1");
  static const char upgrade[] =
      "GET /ws-api/v3 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  sim_receive(socket, upgrade, strlen(upgrade));
  say(socket, "{\"id\":1,\"method\":\"userDataStream.subscribe.listenToken\",\"params\":{\"listenToken\":\"no\"}}");
  CHECK(told(socket, "-1125") != NULL);
  (void)snprintf(
      text, sizeof text,
      "{\"id\":2,\"method\":\"userDataStream.subscribe.listenToken\",\"params\":{\"listenToken\":\"%.64s\"}}",
      token == NULL ? "" : token + 9);
  say(socket, text);
  CHECK(told(socket, "\"subscriptionId\":0,\"expirationTime\":1700000060000") != NULL);
  client_call(&c, "POST", "/api/v3/order", LIMIT);
  CHECK(told(socket, "executionReport") == NULL); /* that is of spot */
  client_call(&c, "POST", "/sapi/v1/margin/order", LIMIT);
  CHECK(told(socket, "\"e\":\"executionReport\"") != NULL);
  advance(&c, 59000);
  CHECK(told(socket, "eventStreamTerminated") == NULL);
  advance(&c, 2000);
  CHECK(told(socket, "\"e\":\"eventStreamTerminated\"") != NULL);
  client_close(&c);
}

TEST_MAIN()
