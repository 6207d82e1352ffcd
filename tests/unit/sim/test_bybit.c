/* The Bybit dialect, REST: what it checks, what it refuses and in which words, limits, the life of orders. */
#include "bybit.h"

#define LIMIT "\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":\"0.01\",\"price\":\"40000\""

/* --- Keys --- */

/* Signatures that Node and OpenSSL made. */
TEST(signatures_of_others_are_taken) {
  const sim_key keys[] = {{"main", "libxchg-api-key-0001", "libxchg-secret-0001", NULL, 0, 0}};
  sim_options options;
  client c;
  char text[600];
  memset(&c, 0, sizeof c);
  memset(&options, 0, sizeof options);
  options.exchange = "bybit";
  options.now_ns = CLIENT_START;
  options.keys = keys;
  options.key_count = 1;
  options.still = 1;
  CHECK_INT(sim_new(&c.s, &options, text, sizeof text), BOURSE_OK);
  c.connection = sim_connect(c.s, "10.0.0.1");
#define HEAD(signature_)                                                                   \
  "Host: x\r\nX-BAPI-API-KEY: libxchg-api-key-0001\r\nX-BAPI-TIMESTAMP: 1700000000000\r\n" \
  "X-BAPI-RECV-WINDOW: 5000\r\nX-BAPI-SIGN: " signature_ "\r\n"
  client_send(&c, "GET /v5/order/realtime?category=linear&symbol=BTCUSDT&limit=50 HTTP/1.1\r\n" HEAD(
                      "a6c19090e061d9c7cb05c7f5bd13d4028ec5c68bb325fa22627a8297a0c19ea2") "\r\n");
  CHECK_HAS(c.body, "{\"retCode\":0,\"retMsg\":\"OK\",\"result\":{\"category\":\"linear\",\"list\":[]");
  client_send(&c, "POST /v5/order/create HTTP/1.1\r\n" HEAD(
                      "ef774a00a6efa20661268d9c57a19857c5fb5930ed03f1ad3a673c46d97b45da") "Content-Length: 146\r\n\r\n"
                  "{\"category\":\"linear\",\"symbol\":\"BTCUSDT\",\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":"
                  "\"0.001\",\"price\":\"25000.1\",\"timeInForce\":\"GTC\",\"orderLinkId\":\"lx-1\"}");
  CHECK_HAS(c.body, "\"orderLinkId\":\"lx-1\"");
  client_send(&c, "GET /v5/account/info HTTP/1.1\r\n" HEAD(
                      "77fb878d3129e55fefdbe85ff06a1a5dc45ea787e4be17c71496e24d130dba77") "\r\n");
  CHECK_HAS(c.body, "\"unifiedMarginStatus\":5");
  client_send(&c, "GET /v5/account/info HTTP/1.1\r\n" HEAD(
                      "77fb878d3129e55fefdbe85ff06a1a5dc45ea787e4be17c71496e24d130dba78") "\r\n");
  CHECK_HAS(c.body, "{\"retCode\":10004,\"retMsg\":\"error sign! origin_string[1700000000000libxchg");
  advance(&c, 5001);
  client_send(&c, "GET /v5/account/info HTTP/1.1\r\n" HEAD(
                      "77fb878d3129e55fefdbe85ff06a1a5dc45ea787e4be17c71496e24d130dba77") "\r\n");
  CHECK_HAS(c.body, "{\"retCode\":10002,");
  client_close(&c);
}

TEST(who_may_ask) {
  client c;
  bybit_open(&c, NULL);
  client_get(&c, "/v5/account/info");
  CHECK_INT(c.status, 401);
  CHECK_HAS(c.body, "{\"retCode\":10003,");
  client_get(&c, "/v5/nothing");
  CHECK_INT(c.status, 404);
  client_send(&c, "GET /v5/market/time HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}");
  CHECK_INT(c.status, 403);
  CHECK_HAS(client_get(&c, "/v5/market/time"), "\"timeSecond\":\"1700000000\"");
  client_close(&c);
}

/* --- Limits --- */

TEST(calls_are_counted) {
  client c;
  bybit_open(&c, NULL);
  for (int32_t i = 0; i < 5; i++)
    CHECK_HAS(bybit_call(&c, "GET", "/v5/account/fee-rate", "category=spot"), "\"retCode\":0");
  CHECK_HAS(c.reply, "X-Bapi-Limit: 5\r\nX-Bapi-Limit-Status: 0\r\nX-Bapi-Limit-Reset-Timestamp: 1700000001000\r\n");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/account/fee-rate", "category=spot"), "{\"retCode\":10006,");
  advance(&c, 1000);
  CHECK_HAS(bybit_call(&c, "GET", "/v5/account/fee-rate", "category=spot"), "\"retCode\":0");
  client_close(&c);
}

TEST(addresses_are_banned_until_they_are_quiet) {
  client c;
  bybit_open(&c, NULL);
  for (int32_t i = 0; i < 600; i++) client_get(&c, "/v5/market/time");
  CHECK_INT(c.status, 200);
  client_get(&c, "/v5/market/time");
  CHECK_INT(c.status, 403);
  advance(&c, 599999);
  client_get(&c, "/v5/market/time");
  CHECK_INT(c.status, 403); /* it begins again */
  advance(&c, 600001);
  client_get(&c, "/v5/market/time");
  CHECK_INT(c.status, 200);
  client_close(&c);
}

/* --- Orders --- */

TEST(refusals_in_their_words) {
  static const struct {
    const char *body, *error;
  } rows[] = {
      {SPOT_ORDER("\"side\":\"Up\",\"orderType\":\"Limit\",\"qty\":\"1\""), "170117"},
      {SPOT_ORDER("\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":\"0.01\",\"price\":\"40000.001\""), "170134"},
      {SPOT_ORDER("\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":\"0.000001\",\"price\":\"40000\""), "170137"},
      {SPOT_ORDER("\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":\"0.0001\",\"price\":\"40000\""), "170140"},
      {SPOT_ORDER("\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":\"0.01\",\"price\":\"400000\""), "170193"},
      {SPOT_ORDER("\"side\":\"Sell\",\"orderType\":\"Market\",\"qty\":\"100\""), "170131"},
      {SPOT_ORDER(LIMIT ",\"orderLinkId\":\"a b\""), "10001"},
      {SPOT_ORDER(LIMIT ",\"timeInForce\":\"GTX\""), "170115"},
      {"{\"category\":\"spot\",\"symbol\":\"NOSUCH\"," LIMIT "}", "170121"},
      {"{\"category\":\"linear\",\"symbol\":\"NOSUCH\"," LIMIT "}", "10001"},
      {LINEAR_ORDER(LIMIT ",\"reduceOnly\":\"true\""), "10001"},
      {LINEAR_ORDER("\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":0.01,\"price\":\"40000\""), "10001"},
      {LINEAR_ORDER(LIMIT ",\"positionIdx\":1"), "10001"},
      {LINEAR_ORDER("\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":\"0.001\",\"price\":\"400\""), "110094"},
      {LINEAR_ORDER("\"side\":\"Sell\",\"orderType\":\"Market\",\"qty\":\"0.01\",\"reduceOnly\":true"), "110017"},
      {LINEAR_ORDER("\"side\":\"Buy\",\"orderType\":\"Market\",\"qty\":\"1000\""), "110007"},
      {LINEAR_ORDER("\"side\":\"Sell\",\"orderType\":\"Market\",\"qty\":\"0.01\",\"triggerPrice\":\"30000\","
                    "\"triggerDirection\":1"),
       "110092"},
      {LINEAR_ORDER("\"side\":\"Sell\",\"orderType\":\"Market\",\"qty\":\"0.01\",\"triggerPrice\":\"300000\","
                    "\"triggerDirection\":2"),
       "110093"},
  };
  client c;
  char wanted[40];
  bybit_open(&c, NULL);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    (void)snprintf(wanted, sizeof wanted, "{\"retCode\":%s,", rows[i].error);
    if (strstr(create(&c, rows[i].body), wanted) == NULL) TEST_FAIL("%s: %s", rows[i].body, c.body);
    CHECK_INT(c.status, 200);
    advance(&c, 200);
  }
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/realtime", "category=spot"), "\"list\":[]");
  client_close(&c);
}

TEST(an_order_is_placed_amended_and_canceled) {
  client c;
  char params[200];
  bybit_open(&c, NULL);
  CHECK_HAS(create(&c, SPOT_ORDER(LIMIT ",\"orderLinkId\":\"one\"")), "\"orderLinkId\":\"one\"");
  const char *id = member_of(c.body, "orderId");
  CHECK_HAS(create(&c, SPOT_ORDER(LIMIT ",\"orderLinkId\":\"one\"")), "{\"retCode\":170141,");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/realtime", "category=spot&orderLinkId=one"), "\"orderStatus\":\"New\"");
  CHECK_HAS(c.body, "\"leavesQty\":\"0.01\",\"leavesValue\":\"400\"");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/account/wallet-balance", "accountType=UNIFIED&coin=USDT"), "\"locked\":\"400\"");
  (void)snprintf(params, sizeof params,
                 "{\"category\":\"spot\",\"symbol\":\"BTCUSDT\",\"orderId\":\"%s\",\"qty\":\"0.02\"}", id);
  CHECK_HAS(bybit_call(&c, "POST", "/v5/order/amend", params), "\"retCode\":0");
  CHECK_HAS(bybit_call(&c, "POST", "/v5/order/amend", params),
            "{\"retCode\":10001,\"retMsg\":\"order remains unchanged");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/realtime", "category=spot"), "\"qty\":\"0.02\"");
  (void)snprintf(params, sizeof params, "{\"category\":\"spot\",\"symbol\":\"BTCUSDT\",\"orderId\":\"%s\"}", id);
  CHECK_HAS(bybit_call(&c, "POST", "/v5/order/cancel", params), "\"retCode\":0");
  CHECK_HAS(bybit_call(&c, "POST", "/v5/order/cancel", params), "{\"retCode\":170142,");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/realtime", "category=spot&orderLinkId=one"), "\"list\":[]");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/realtime", "category=spot&orderLinkId=one&openOnly=1"),
            "\"orderStatus\":\"Cancelled\"");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/history", "category=spot&orderLinkId=one"),
            "\"cancelType\":\"CancelByUser\"");
  CHECK_HAS(bybit_call(&c, "POST", "/v5/order/cancel",
                       "{\"category\":\"linear\",\"symbol\":\"BTCUSDT\",\"orderLinkId\":\"x\"}"),
            "{\"retCode\":110001,");
  client_close(&c);
}

/* What cannot be as it must is taken all the same, and told of afterwards. */
TEST(what_ends_at_once_was_taken) {
  client c;
  char body[300];
  bybit_open(&c, NULL);
  bybit_call(&c, "GET", "/v5/market/tickers", "category=spot&symbol=BTCUSDT");
  (void)snprintf(body, sizeof body,
                 SPOT_ORDER("\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":\"0.01\",\"price\":\"%.0f\","
                            "\"timeInForce\":\"PostOnly\",\"orderLinkId\":\"p\""),
                 atof(member_of(c.body, "lastPrice")) * 1.02);
  CHECK_HAS(create(&c, body), "\"retCode\":0");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/history", "category=spot&orderLinkId=p"), "\"orderStatus\":\"Rejected\"");
  CHECK_HAS(c.body, "\"rejectReason\":\"EC_PostOnlyWillTakeLiquidity\"");
  CHECK_HAS(create(&c, LINEAR_ORDER("\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":\"600\",\"price\":\"60\","
                                    "\"timeInForce\":\"FOK\",\"orderLinkId\":\"f\"")),
            "\"retCode\":0");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/history", "category=linear&orderLinkId=f"),
            "\"orderStatus\":\"Cancelled\"");
  client_close(&c);
}

TEST(spot_market_orders_by_quote_and_by_base) {
  client c;
  bybit_open(&c, NULL);
  CHECK_HAS(create(&c, SPOT_ORDER("\"side\":\"Buy\",\"orderType\":\"Market\",\"qty\":\"100\",\"orderLinkId\":\"q\"")),
            "\"retCode\":0");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/history", "category=spot&orderLinkId=q"), "\"marketUnit\":\"quoteCoin\"");
  CHECK_HAS(c.body, "\"qty\":\"100\"");
  CHECK_HAS(
      create(&c, SPOT_ORDER("\"side\":\"Buy\",\"orderType\":\"Market\",\"qty\":\"0.01\",\"marketUnit\":\"baseCoin\","
                            "\"orderLinkId\":\"b\"")),
      "\"retCode\":0");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/history", "category=spot&orderLinkId=b"), "\"cumExecQty\":\"0.01\"");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/execution/list", "category=spot&orderLinkId=b"), "\"execQty\":\"0.01\"");
  CHECK_HAS(c.body, "\"feeCurrency\":\"BTC\"");
  CHECK_HAS(c.body, "\"execFee\":\"0.00001\"");
  client_close(&c);
}

TEST(a_batch_is_answered_in_two_lists) {
  client c;
  bybit_open(&c, NULL);
  bybit_call(
      &c, "POST", "/v5/order/create-batch",
      "{\"category\":\"linear\",\"request\":[{\"symbol\":\"BTCUSDT\"," LIMIT
      ",\"orderLinkId\":\"1\"},"
      "{\"symbol\":\"BTCUSDT\",\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":\"0.0001\",\"price\":\"40000\"}]}");
  CHECK_HAS(c.body, "\"retExtInfo\":{\"list\":[{\"code\":0,\"msg\":\"OK\"},{\"code\":10001,\"msg\":\"Qty invalid\"}]}");
  CHECK_HAS(c.body, "{\"retCode\":0,");
  CHECK_HAS(c.reply, "X-Bapi-Limit-Status: 8\r\n"); /* each order counts */
  CHECK_HAS(bybit_call(&c, "POST", "/v5/order/cancel-all", "{\"category\":\"linear\"}"), "{\"retCode\":10001,");
  CHECK_HAS(bybit_call(&c, "POST", "/v5/order/cancel-all", "{\"category\":\"linear\",\"settleCoin\":\"USDT\"}"),
            "\"orderLinkId\":\"1\"}],\"success\":\"1\"");
  client_close(&c);
}

TEST(lists_are_paged_by_a_cursor) {
  client c;
  char params[200];
  bybit_open(&c, NULL);
  for (int32_t i = 0; i < 3; i++) CHECK_HAS(create(&c, SPOT_ORDER(LIMIT)), "\"retCode\":0");
  bybit_call(&c, "GET", "/v5/order/realtime", "category=spot&limit=2");
  const char *cursor = member_of(c.body, "nextPageCursor");
  CHECK(strstr(cursor, "%3A") != NULL);
  (void)snprintf(params, sizeof params, "category=spot&limit=2&cursor=%s", cursor);
  bybit_call(&c, "GET", "/v5/order/realtime", params);
  CHECK_HAS(c.body, "\"nextPageCursor\":\"\"");
  CHECK(strstr(strstr(c.body, "\"orderId\"") + 1, "\"orderId\"") == NULL); /* the third */
  client_close(&c);
}

/* --- Conditions --- */

TEST(a_stop_waits_and_becomes_an_order) {
  client c;
  char body[300];
  bybit_open(&c, NULL);
  bybit_call(&c, "GET", "/v5/market/tickers", "category=linear&symbol=BTCUSDT");
  double last = atof(member_of(c.body, "lastPrice"));
  (void)snprintf(body, sizeof body,
                 LINEAR_ORDER("\"side\":\"Buy\",\"orderType\":\"Market\",\"qty\":\"0.01\",\"triggerPrice\":\"%.1f\","
                              "\"triggerDirection\":1,\"orderLinkId\":\"s\""),
                 last + 1);
  CHECK_HAS(create(&c, body), "\"retCode\":0");
  bybit_call(&c, "GET", "/v5/order/realtime", "category=linear&symbol=BTCUSDT");
  CHECK_HAS(c.body, "\"orderStatus\":\"Untriggered\"");
  CHECK_HAS(c.body, "\"stopOrderType\":\"Stop\"");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/account/wallet-balance", "accountType=UNIFIED&coin=USDT"),
            "\"totalOrderIM\":\"0\"");
  for (int32_t i = 0; i < 600; i++) {
    advance(&c, 3000);
    bybit_call(&c, "GET", "/v5/order/history", "category=linear&orderLinkId=s");
    if (strstr(c.body, "\"Filled\"") != NULL) break;
  }
  CHECK_HAS(c.body, "\"orderStatus\":\"Filled\"");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/position/list", "category=linear&symbol=BTCUSDT"), "\"size\":\"0.01\"");
  client_close(&c);
}

TEST(stops_come_with_a_position_and_go_with_it) {
  client c;
  bybit_open(&c, NULL);
  CHECK_HAS(
      create(&c, LINEAR_ORDER("\"side\":\"Buy\",\"orderType\":\"Market\",\"qty\":\"0.01\",\"takeProfit\":\"90000\","
                              "\"stopLoss\":\"40000\"")),
      "\"retCode\":0");
  bybit_call(&c, "GET", "/v5/position/list", "category=linear&symbol=BTCUSDT");
  CHECK_HAS(c.body, "\"takeProfit\":\"90000.00\",\"stopLoss\":\"40000.00\"");
  CHECK_HAS(bybit_call(&c, "POST", "/v5/position/trading-stop",
                       LINEAR_ORDER("\"tpslMode\":\"Full\",\"positionIdx\":0,\"trailingStop\":\"500\"")),
            "\"retCode\":0");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/realtime", "category=linear&symbol=BTCUSDT"),
            "\"stopOrderType\":\"TrailingStop\"");
  CHECK_HAS(c.body, "\"stopOrderType\":\"TakeProfit\"");
  CHECK_HAS(create(&c, LINEAR_ORDER("\"side\":\"Sell\",\"orderType\":\"Market\",\"qty\":\"0.01\",\"reduceOnly\":true")),
            "\"retCode\":0");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/realtime", "category=linear&symbol=BTCUSDT"), "\"list\":[]");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/history", "category=linear"), "\"cancelType\":\"CancelByTpSlTsClear\"");
  CHECK_HAS(bybit_call(&c, "POST", "/v5/position/trading-stop",
                       LINEAR_ORDER("\"tpslMode\":\"Full\",\"positionIdx\":0,\"stopLoss\":\"40000\"")),
            "zero position");
  client_close(&c);
}

TEST(leverage_modes_and_what_is_not_modified) {
  client c;
  bybit_open(&c, NULL);
#define LEVERAGE "{\"category\":\"linear\",\"symbol\":\"BTCUSDT\",\"buyLeverage\":\"5\",\"sellLeverage\":\"5\"}"
  CHECK_HAS(bybit_call(&c, "POST", "/v5/position/set-leverage", LEVERAGE), "\"retCode\":0");
  CHECK_HAS(bybit_call(&c, "POST", "/v5/position/set-leverage", LEVERAGE), "{\"retCode\":110043,");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/position/symbol-info", "category=linear&symbol=BTCUSDT"),
            "\"buyLeverage\":\"5\"");
#define HEDGE "{\"category\":\"linear\",\"coin\":\"USDT\",\"mode\":3}"
  CHECK_HAS(bybit_call(&c, "POST", "/v5/position/switch-mode", HEDGE), "\"retCode\":0");
  CHECK_HAS(bybit_call(&c, "POST", "/v5/position/switch-mode", HEDGE), "{\"retCode\":110025,");
  CHECK_HAS(create(&c, LINEAR_ORDER(LIMIT)), "position idx not match position mode");
  CHECK_HAS(create(&c, LINEAR_ORDER(LIMIT ",\"positionIdx\":1")), "\"retCode\":0");
  client_close(&c);
}

TEST(money_moves_between_wallets) {
  client c;
  bybit_open(&c, NULL);
#define MOVE(amount_)                                                                                \
  "{\"transferId\":\"42c0cfb0-6bca-c242-bc76-4e6df6cbcb16\",\"coin\":\"USDT\",\"amount\":\"" amount_ \
  "\",\"fromAccountType\":\"FUND\",\"toAccountType\":\"UNIFIED\"}"
  CHECK_HAS(bybit_call(&c, "POST", "/v5/asset/transfer/inter-transfer", MOVE("1000000")), "{\"retCode\":131212,");
  CHECK_HAS(bybit_call(&c, "POST", "/v5/asset/transfer/inter-transfer", MOVE("100")), "\"status\":\"SUCCESS\"");
  CHECK_HAS(bybit_call(&c, "POST", "/v5/asset/transfer/inter-transfer", MOVE("100")), "{\"retCode\":131214,");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/asset/transfer/query-account-coins-balance", "accountType=FUND"),
            "\"walletBalance\":\"9900\"");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/account/transaction-log", "currency=USDT"), "\"type\":\"TRANSFER_IN\"");
  client_close(&c);
}

/* --- Faults --- */

TEST(planned_faults_strike) {
  client c;
  bybit_open(&c,
             "[{\"fault\":\"unknown_status\",\"nth\":1},{\"fault\":\"engine_busy\",\"from_ms\":1000,\"to_ms\":2000},"
             "{\"fault\":\"maintenance\",\"from_ms\":5000,\"to_ms\":6000},{\"fault\":\"late_query\",\"to_ms\":500}]");
  CHECK_HAS(create(&c, SPOT_ORDER(LIMIT ",\"orderLinkId\":\"u\"")), "{\"retCode\":10000,");
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/realtime", "category=spot&orderLinkId=u"), "\"list\":[]"); /* not yet */
  advance(&c, 600);
  CHECK_HAS(bybit_call(&c, "GET", "/v5/order/realtime", "category=spot&orderLinkId=u"), "\"orderStatus\":\"New\"");
  advance(&c, 600);
  CHECK_HAS(create(&c, SPOT_ORDER(LIMIT)), "{\"retCode\":10429,");
  advance(&c, 4000);
  CHECK_HAS(bybit_call(&c, "GET", "/v5/account/info", ""), "{\"retCode\":10016,");
  CHECK_HAS(client_get(&c, "/v5/system/status"), "\"state\":\"ongoing\"");
  client_close(&c);
}

TEST_MAIN()
