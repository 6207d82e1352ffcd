/* The unified account of the KuCoin dialect: whose it is, its one wallet, the life of its orders on spot and futures, lists,
 * pushes, and what is refused. */
#include "kucoin.h"

#define UA "/api/ua/v1/unified"

static const sim_key keys[] = {{"unified", "65f0c0ffee0123456789abcd", KUCOIN_SECRET, "demo-passphrase", 0, 1},
                               {"classic", "another", KUCOIN_SECRET, "demo-passphrase", 0, 1},
                               {"unified", "reader", KUCOIN_SECRET, "demo-passphrase", 1, 0}};

static void open_unified(client *c, const char *faults) {
  sim_options options;
  char text[600];
  memset(c, 0, sizeof *c);
  memset(&options, 0, sizeof options);
  options.exchange = "kucoin";
  options.seed = 7;
  options.now_ns = SHEET_START;
  options.faults = faults;
  options.keys = keys;
  options.key_count = 3;
  options.still = 1;
  kucoin_key = keys[0].api_key;
  if (sim_new(&c->s, &options, text, sizeof text) != BOURSE_OK) {
    printf("%s\n", text);
    abort();
  }
  c->connection = sim_connect(c->s, "10.0.0.1");
}

static const char *place_spot(client *c, const char *id, const char *side, const char *more) {
  char body[512];
  (void)snprintf(body, sizeof body,
                 "{\"tradeType\":\"SPOT\",\"clientOid\":\"%s\",\"symbol\":\"BTC-USDT\",\"side\":\"%s\",%s}", id, side,
                 more);
  return kucoin(c, "POST", UA "/order/place", body);
}

static const char *place_futures(client *c, const char *id, const char *side, const char *more) {
  char body[512];
  (void)snprintf(body, sizeof body,
                 "{\"tradeType\":\"FUTURES\",\"clientOid\":\"%s\",\"symbol\":\"XBTUSDTM\",\"side\":\"%s\",%s}", id,
                 side, more);
  return kucoin(c, "POST", UA "/order/place", body);
}

static const char *detail(client *c, const char *type, const char *symbol, const char *id) {
  char target[200];
  (void)snprintf(target, sizeof target, UA "/order/detail?tradeType=%s&symbol=%s&clientOid=%s", type, symbol, id);
  return kucoin(c, "GET", target, "");
}

#define LOW "\"orderType\":\"LIMIT\",\"price\":\"20000\",\"size\":\"0.01\",\"sizeUnit\":\"BASECCY\""

TEST(accounts_are_of_one_kind) {
  client c;
  open_unified(&c, NULL);
  CHECK_HAS(kucoin(&c, "GET", "/api/ua/v1/account/mode", ""), "\"selfAccountMode\":\"UNIFIED\"");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/user/api-key", ""), "\"permission\":\"General,Unified,Transfer,Withdrawal\"");
  CHECK_HAS(kucoin_place(&c, "one", "buy", "\"type\":\"limit\",\"price\":\"20000\",\"size\":\"0.01\""), "400007");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/positions", ""), "400007");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/accounts", ""), "\"data\":[]");
  kucoin_key = "reader";
  CHECK_HAS(kucoin(&c, "GET", UA "/account/balance", ""), "\"currency\":\"USDT\"");
  CHECK_HAS(place_spot(&c, "one", "BUY", LOW), "400007");
  kucoin_key = "another";
  CHECK_HAS(kucoin(&c, "GET", UA "/account/balance", ""), "{\"code\":\"112010\"");
  CHECK_HAS(place_spot(&c, "one", "BUY", LOW), "112010");
  CHECK_HAS(kucoin_place(&c, "one", "buy", "\"type\":\"limit\",\"price\":\"20000\",\"size\":\"0.01\""), "200000");
  client_close(&c);
}

TEST(an_account_is_made_a_unified_one) {
  client c;
  open_unified(&c, NULL);
  kucoin_key = "another";
  kucoin_place(&c, "one", "buy", "\"type\":\"limit\",\"price\":\"20000\",\"size\":\"0.01\"");
  CHECK_HAS(kucoin(&c, "POST", "/api/ua/v1/account/mode", "{\"accountType\":\"UNIFIED\"}"), "exist.order.or.position");
  kucoin(&c, "DELETE", "/api/v1/hf/orders?symbol=BTC-USDT", "");
  CHECK_HAS(kucoin(&c, "POST", "/api/ua/v1/account/mode", "{\"accountType\":\"CLASSIC\"}"), "400100");
  CHECK_HAS(kucoin(&c, "POST", "/api/ua/v1/account/mode", "{\"accountType\":\"UNIFIED\"}"), "200000");
  kucoin(&c, "GET", UA "/account/balance", "");
  CHECK_HAS(c.body, "\"currency\":\"USDT\",\"equity\":\"1100000\",\"hold\":\"0\",\"balance\":\"1100000\"");
  CHECK_HAS(place_spot(&c, "two", "BUY", LOW), "200000");
  client_close(&c);
}

TEST(a_spot_order_lives) {
  client c;
  open_unified(&c, NULL);
  CHECK_HAS(
      place_spot(&c, "one", "BUY", LOW ",\"timeInForce\":\"GTT\",\"cancelAfter\":60,\"postOnly\":true,\"stp\":\"CB\""),
      "\"clientOid\":\"one\",\"tradeType\":\"SPOT\",\"ts\":17672256");
  CHECK_HAS(c.reply, "gw-ratelimit-limit: 200");
  CHECK_HAS(c.reply, "gw-ratelimit-reset: 3000");
  kucoin(&c, "GET", UA "/account/balance", "");
  CHECK_HAS(c.body, "\"hold\":\"200.2\",\"balance\":\"1100000\",\"available\":\"1099799.8\"");
  detail(&c, "SPOT", "BTC-USDT", "one");
  CHECK_HAS(c.body, "\"orderType\":\"LIMIT\",\"side\":\"BUY\",\"price\":\"20000\",\"timeInForce\":\"GTT\"");
  CHECK_HAS(c.body, "\"stp\":\"CB\",\"cancelAfter\":60,\"postOnly\":true");
  CHECK_HAS(c.body, "\"size\":\"0.01\",\"filledSize\":\"0\"");
  CHECK_HAS(c.body, "\"sizeUnit\":\"BASECCY\",\"tradeType\":\"SPOT\",\"status\":2");
  CHECK_HAS(place_spot(&c, "one", "BUY", LOW), "The clientOid has been used before.");
  CHECK_HAS(
      kucoin(&c, "POST", UA "/order/cancel", "{\"tradeType\":\"SPOT\",\"symbol\":\"BTC-USDT\",\"clientOid\":\"one\"}"),
      "\"clientOid\":\"one\",\"tradeType\":\"SPOT\"");
  CHECK_HAS(
      kucoin(&c, "POST", UA "/order/cancel", "{\"tradeType\":\"SPOT\",\"symbol\":\"BTC-USDT\",\"clientOid\":\"one\"}"),
      "order_not_exist_or_not_allow_to_cancel");
  CHECK_HAS(detail(&c, "SPOT", "BTC-USDT", "one"), "\"status\":5");
  CHECK_HAS(detail(&c, "SPOT", "ETH-USDT", "one"), "The order does not exist.");
  CHECK_HAS(place_spot(&c, "two", "SELL", LOW ",\"postOnly\":true"), "200000"); /* would take: taken, and ended */
  CHECK_HAS(detail(&c, "SPOT", "BTC-USDT", "two"), "\"cancelReason\":\"post only\"");
  client_close(&c);
}

TEST(what_is_spent_is_told_in_quote_units) {
  client c;
  open_unified(&c, NULL);
  place_spot(&c, "one", "BUY", "\"orderType\":\"MARKET\",\"size\":\"100\",\"sizeUnit\":\"QUOTECCY\"");
  detail(&c, "SPOT", "BTC-USDT", "one");
  CHECK_HAS(c.body, "\"price\":\"\"");
  CHECK_HAS(c.body, "\"size\":\"100\",\"filledSize\":\"99");
  CHECK_HAS(c.body, "\"sizeUnit\":\"QUOTECCY\",\"tradeType\":\"SPOT\",\"status\":3");
  kucoin(&c, "GET", UA "/order/execution?tradeType=SPOT&symbol=BTC-USDT", "");
  CHECK_HAS(c.body, "\"side\":\"BUY\",\"orderType\":\"MARKET\"");
  CHECK_HAS(c.body, "\"feeCurrency\":\"USDT\",\"tax\":\"0\",\"liquidityRole\":\"TAKER\",\"fillType\":\"TRADE\"");
  place_futures(&c, "two", "BUY", "\"orderType\":\"MARKET\",\"size\":\"1000\",\"sizeUnit\":\"QUOTECCY\"");
  CHECK_HAS(detail(&c, "FUTURES", "XBTUSDTM", "two"), "\"size\":\"1000\",\"filledSize\":\"9");
  client_close(&c);
}

TEST(futures_with_the_same_money) {
  client c;
  open_unified(&c, NULL);
  CHECK_HAS(kucoin(&c, "POST", UA "/account/modify-leverage", "{\"symbol\":\"XBTUSDTM\",\"leverage\":\"5\"}"),
            "\"data\":null");
  CHECK_HAS(place_futures(&c, "one", "SELL", "\"orderType\":\"MARKET\",\"size\":\"20\",\"sizeUnit\":\"UNIT\""),
            "200000");
  kucoin(&c, "GET", UA "/position/open-list", "");
  CHECK_HAS(c.body, "\"symbol\":\"XBTUSDTM\"");
  CHECK_HAS(c.body, "\"marginMode\":\"CROSS\",\"size\":\"-20\"");
  CHECK_HAS(c.body, "\"positionValue\":\"-");
  CHECK_HAS(c.body, "\"leverage\":\"5\"");
  CHECK_HAS(
      place_futures(
          &c, "two", "BUY",
          "\"orderType\":\"LIMIT\",\"price\":\"20000\",\"size\":\"20\",\"sizeUnit\":\"UNIT\",\"reduceOnly\":true"),
      "200000");
  CHECK_HAS(detail(&c, "FUTURES", "XBTUSDTM", "two"), "\"reduceOnly\":true");
  CHECK_HAS(c.body, "\"sizeUnit\":\"UNIT\",\"tradeType\":\"FUTURES\",\"status\":2");
  CHECK_HAS(detail(&c, "FUTURES", "XBTUSDTM", "three"), "error.getOrder.orderNotExist");
  CHECK_HAS(kucoin(&c, "POST", UA "/order/cancel-all", "{\"tradeType\":\"FUTURES\",\"symbol\":\"XBTUSDTM\"}"),
            "\"items\":[{\"orderId\":\"2340");
  CHECK_HAS(
      place_futures(
          &c, "four", "BUY",
          "\"orderType\":\"LIMIT\",\"price\":\"20000\",\"size\":\"1\",\"sizeUnit\":\"UNIT\",\"timeInForce\":\"FOK\""),
      "200000");
  CHECK_HAS(detail(&c, "FUTURES", "XBTUSDTM", "four"), "\"cancelReason\":\"unfilled\"");
  kucoin(&c, "GET", "/api/ua/v1/account/ledger?accountType=UNIFIED&pageSize=1", "");
  CHECK_HAS(c.body, "\"accountType\":\"UNIFIED\"");
  CHECK_HAS(c.body, "\"direction\":\"OUT\"");
  client_close(&c);
}

TEST(money_moves_between_the_unified_and_the_main_account) {
  client c;
  open_unified(&c, NULL);
  CHECK_HAS(kucoin(&c, "POST", "/api/ua/v1/account/transfer",
                   "{\"clientOid\":\"m1\",\"currency\":\"USDT\",\"amount\":\"100\",\"type\":\"0\",\"fromAccountType\":"
                   "\"UNIFIED\","
                   "\"toAccountType\":\"FUNDING\"}"),
            "\"clientOid\":\"m1\"");
  CHECK_HAS(kucoin(&c, "GET", "/api/v1/accounts?type=main", ""), "\"balance\":\"100\"");
  CHECK_HAS(kucoin(&c, "GET", UA "/account/balance", ""), "\"balance\":\"1099900\"");
  CHECK_HAS(kucoin(&c, "POST", "/api/ua/v1/account/transfer",
                   "{\"clientOid\":\"m2\",\"currency\":\"USDT\",\"amount\":\"101\",\"type\":\"0\",\"fromAccountType\":"
                   "\"FUNDING\","
                   "\"toAccountType\":\"UNIFIED\"}"),
            "230003");
  CHECK_HAS(
      kucoin(&c, "POST", "/api/ua/v1/account/transfer",
             "{\"clientOid\":\"m3\",\"currency\":\"USDT\",\"amount\":\"1\",\"type\":\"0\",\"fromAccountType\":\"SPOT\","
             "\"toAccountType\":\"UNIFIED\"}"),
      "payAccountType not in the given range");
  client_close(&c);
}

TEST(several_at_once_are_told_one_by_one) {
  client c;
  open_unified(&c, NULL);
  kucoin(&c, "POST", UA "/order/place-batch",
         "{\"tradeType\":\"SPOT\",\"orderList\":[{\"clientOid\":\"a\",\"symbol\":\"BTC-USDT\",\"side\":\"BUY\"," LOW
         "},{\"clientOid\":\"b\",\"symbol\":\"BTC-USDT\",\"side\":\"BUY\",\"orderType\":\"LIMIT\",\"price\":\"20000\","
         "\"size\":\"1000\",\"sizeUnit\":\"BASECCY\"}]}");
  CHECK_HAS(c.body, "\"clientOid\":\"a\",\"symbol\":\"BTC-USDT\",\"code\":\"200000\",\"msg\":\"success\"");
  CHECK_HAS(c.body,
            "{\"clientOid\":\"b\",\"symbol\":\"BTC-USDT\",\"code\":\"200004\",\"msg\":\"Balance insufficient!\"}");
  kucoin(&c, "POST", UA "/order/cancel-batch",
         "{\"tradeType\":\"SPOT\",\"cancelOrderList\":[{\"symbol\":\"BTC-USDT\",\"clientOid\":\"b\"},"
         "{\"symbol\":\"BTC-USDT\",\"clientOid\":\"a\"}]}");
  CHECK_HAS(c.body, "{\"clientOid\":\"b\",\"symbol\":\"BTC-USDT\",\"code\":\"400100\"");
  CHECK_HAS(c.body, "\"clientOid\":\"a\",\"symbol\":\"BTC-USDT\",\"code\":\"200000\"");
  client_close(&c);
}

TEST(lists_go_page_by_page) {
  client c;
  char id[8];
  open_unified(&c, NULL);
  for (int32_t i = 0; i < 3; i++) {
    (void)snprintf(id, sizeof id, "o%d", (int)i);
    place_spot(&c, id, "BUY", LOW);
  }
  kucoin(&c, "GET", UA "/order/open-list?tradeType=SPOT&symbol=BTC-USDT&pageSize=2&pageNumber=2", "");
  CHECK_HAS(c.body, "\"pageNumber\":2,\"pageSize\":2,\"totalNum\":3,\"totalPage\":2");
  CHECK_HAS(c.body, "\"clientOid\":\"o0\"");
  CHECK_HAS(kucoin(&c, "GET", UA "/order/open-list?tradeType=FUTURES", ""), "\"items\":[]");
  CHECK_HAS(kucoin(&c, "GET", UA "/order/open-list", ""), "tradeType not in the given range");
  CHECK_HAS(kucoin(&c, "GET", UA "/order/history?tradeType=SPOT", ""), "symbol can not be empty");
  kucoin(&c, "POST", UA "/order/cancel-all", "{\"tradeType\":\"SPOT\",\"symbol\":\"BTC-USDT\"}");
  kucoin(&c, "GET", UA "/order/history?tradeType=SPOT&symbol=BTC-USDT&pageSize=2", "");
  CHECK_HAS(c.body, "\"lastId\":2");
  CHECK(strstr(c.body, "\"clientOid\":\"o0\"") == NULL);
  kucoin(&c, "GET", UA "/order/history?tradeType=SPOT&symbol=BTC-USDT&pageSize=2&lastId=2", "");
  CHECK_HAS(c.body, "\"clientOid\":\"o0\"");
  CHECK(strstr(c.body, "\"clientOid\":\"o1\"") == NULL);
  client_close(&c);
}

TEST(the_switch_cancels_spot) {
  client c;
  open_unified(&c, NULL);
  place_spot(&c, "one", "BUY", LOW);
  CHECK_HAS(
      kucoin(&c, "POST", "/api/ua/v1/dcp/set", "{\"tradeType\":\"SPOT\",\"timeout\":10,\"symbols\":[\"BTC-USDT\"]}"),
      "{\"tradeType\":\"SPOT\",\"symbol\":[\"BTC-USDT\"],\"systemTime\":1767225600,\"triggerTime\":1767225610}");
  CHECK_HAS(kucoin(&c, "GET", "/api/ua/v1/dcp/query?tradeType=SPOT", ""), "\"triggerTime\":1767225610");
  advance(&c, 11000);
  CHECK_HAS(detail(&c, "SPOT", "BTC-USDT", "one"), "\"status\":5");
  client_close(&c);
}

/* --- Pushes --- */

static void open_pushes(client *socket, client *c) {
  char path[400];
  kucoin(c, "POST", "/api/v2/bullet-private", "");
  CHECK(strstr(c->body, "instanceServers") == NULL);
  const char *at = strstr(c->body, "\"token\":\"");
  CHECK(at != NULL);
  if (at == NULL) return;
  at += strlen("\"token\":\"");
  (void)snprintf(path, sizeof path, "/?token=%.*s", (int)strcspn(at, "\""), at);
  kraken_socket(socket, c, path);
}

static const char *ask(client *socket, const char *channel, const char *kind) {
  char text[200];
  (void)snprintf(text, sizeof text, "{\"id\":\"7\",\"action\":\"SUBSCRIBE\",\"channel\":\"%s\",\"%s\":\"UNIFIED\"}",
                 channel, kind);
  say(socket, text);
  return heard(socket);
}

TEST(pushes_tell_of_all_that_trades) {
  client c, socket;
  open_unified(&c, NULL);
  open_pushes(&socket, &c);
  CHECK_HAS(heard(&socket), "\"message\":\"welcome\",\"pingInterval\":18000");
  say(&socket, "{\"id\":\"5\",\"type\":\"ping\"}");
  CHECK_HAS(heard(&socket), "{\"id\":\"5\",\"type\":\"pong\"");
  CHECK_STR(ask(&socket, "orderAll", "tradeType"), "{\"id\":\"7\",\"result\":true}");
  CHECK_STR(ask(&socket, "execution", "tradeType"), "{\"id\":\"7\",\"result\":true}");
  CHECK_HAS(ask(&socket, "balance", "tradeType"), "{\"id\":\"7\",\"result\":false");
  CHECK_HAS(ask(&socket, "nothing", "tradeType"), "{\"id\":\"7\",\"result\":false");
  place_spot(&c, "one", "BUY", LOW);
  CHECK_HAS(heard(&socket), "{\"T\":\"orderAll.UNIFIED\",\"P\":17672256");
  place_futures(&c, "two", "SELL", "\"orderType\":\"MARKET\",\"size\":\"20\",\"sizeUnit\":\"UNIT\"");
  const char *text = heard_with(&socket, "\"ci\":\"two\"");
  CHECK_HAS(text, "\"tT\":\"FUTURES\"");
  CHECK_HAS(text, "\"os\":2");
  CHECK_HAS(heard_with(&socket, "\"ci\":\"two\""), "\"os\":4,\"s\":\"XBTUSDTM\"");
  text = heard_with(&socket, "\"ci\":\"two\"");
  CHECK_HAS(text, "{\"T\":\"execution.UNIFIED\"");
  CHECK_HAS(text, "\"lR\":\"TAKER\"");
  CHECK_HAS(text, "\"fT\":\"NORMAL\"");
  CHECK_HAS(heard_with(&socket, "\"ci\":\"two\""), "\"os\":3");
  CHECK_STR(ask(&socket, "balance", "accountType"), "{\"id\":\"7\",\"result\":true}");
  CHECK_STR(ask(&socket, "positionAll", "tradeType"), "{\"id\":\"7\",\"result\":true}");
  place_futures(&c, "three", "BUY",
                "\"orderType\":\"MARKET\",\"size\":\"20\",\"sizeUnit\":\"UNIT\",\"reduceOnly\":true");
  CHECK_HAS(heard_with(&socket, "positionAll.UNIFIED"), "\"q\":\"0\"");
  CHECK_HAS(heard_with(&socket, "balance.UNIFIED"), "\"c\":\"USDT\"");
  open_pushes(&socket, &c); /* another connection: the same in short */
  CHECK_HAS(heard(&socket), "welcome");
  CHECK_STR(ask(&socket, "execution.lite", "tradeType"), "{\"id\":\"7\",\"result\":true}");
  place_futures(&c, "four", "BUY", "\"orderType\":\"MARKET\",\"size\":\"20\",\"sizeUnit\":\"UNIT\"");
  text = heard_with(&socket, "execution.lite.UNIFIED");
  CHECK_HAS(text, "\"lR\":\"TAKER\"");
  CHECK(strstr(text, "\"f\":") == NULL && strstr(text, "\"ci\":") == NULL);
  kucoin_key = "another"; /* a classic account's */
  open_pushes(&socket, &c);
  CHECK_HAS(heard(&socket), "welcome");
  CHECK_HAS(ask(&socket, "orderAll", "tradeType"), "\"result\":false");
  client_close(&c);
}

TEST(refusals) {
  static const struct {
    const char *body, *code;
  } cases[] = {
      {"{\"tradeType\":\"MARGIN\"}", "101030"},
      {"{\"symbol\":\"BTC-USDT\"}", "tradeType not in the given range"},
      {"{\"tradeType\":\"SPOT\",\"symbol\":\"XBTUSDTM\",\"side\":\"BUY\"," LOW "}", "900001"},
      {"{\"tradeType\":\"FUTURES\",\"symbol\":\"BTC-USDT\",\"side\":\"BUY\"," LOW "}", "100003"},
      {"{\"tradeType\":\"SPOT\",\"symbol\":\"BTC-USDT\",\"side\":\"buy\"," LOW "}", "The side is invalid."},
      {"{\"tradeType\":\"SPOT\",\"symbol\":\"BTC-USDT\",\"side\":\"BUY\",\"orderType\":\"limit\",\"size\":\"1\"}",
       "The type is invalid."},
      {"{\"tradeType\":\"SPOT\",\"symbol\":\"BTC-USDT\",\"side\":\"BUY\",\"orderType\":\"MARKET\",\"size\":\"1\","
       "\"sizeUnit\":\"UNIT\"}",
       "The sizeUnit is invalid."},
      {"{\"tradeType\":\"SPOT\",\"symbol\":\"BTC-USDT\",\"side\":\"BUY\",\"triggerPrice\":\"1\"," LOW "}", "400100"},
      {"{\"tradeType\":\"FUTURES\",\"symbol\":\"XBTUSDTM\",\"side\":\"BUY\",\"clientOid\":\"x\",\"orderType\":"
       "\"MARKET\","
       "\"size\":\"1\",\"reduceOnly\":true}",
       "300009"},
      {"{\"tradeType\":\"FUTURES\",\"symbol\":\"XBTUSDTM\",\"side\":\"BUY\",\"clientOid\":\"x\",\"orderType\":"
       "\"LIMIT\","
       "\"size\":\"1\",\"price\":\"20000\",\"timeInForce\":\"GTT\"}",
       "400100"},
  };
  client c;
  open_unified(&c, NULL);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    CHECK_HAS(kucoin(&c, "POST", UA "/order/place", cases[i].body), cases[i].code);
  for (int32_t i = 0; i < 200; i++) kucoin(&c, "POST", UA "/order/cancel", "{\"tradeType\":\"SPOT\"}");
  CHECK_STR(place_spot(&c, "one", "BUY", LOW), "{\"code\":\"429000\",\"msg\":\"Too many requests\"}");
  advance(&c, 3000);
  CHECK_HAS(place_spot(&c, "one", "BUY", LOW), "200000");
  client_close(&c);
}

TEST(an_answer_that_is_lost_leaves_an_order) {
  client c;
  open_unified(&c, "[{\"fault\":\"unknown_status\",\"nth\":1}]");
  CHECK_HAS(place_spot(&c, "one", "BUY", LOW), "500000");
  CHECK_HAS(detail(&c, "SPOT", "BTC-USDT", "one"), "\"status\":2");
  client_close(&c);
}

TEST_MAIN()
