/* The OKX dialect, REST: what it checks, what it refuses and in which words, limits, the life of orders. */
#include "okx.h"

#define LIMIT "\"side\":\"buy\",\"ordType\":\"limit\",\"sz\":\"0.01\",\"px\":\"40000\""

/* --- Keys --- */

/* Signatures that Node and OpenSSL made. */
TEST(signatures_of_others_are_taken) {
  const sim_key key = {"main", "K", "0123456789ABCDEF0123456789ABCDEF", "P", 0, 0};
  client c;
  okx_open(&c, NULL, &key, INT64_C(1767225600000000000));
#define HEAD(sign_, phrase_)                                                         \
  "Host: x\r\nOK-ACCESS-KEY: K\r\nOK-ACCESS-TIMESTAMP: 2026-01-01T00:00:00.000Z\r\n" \
  "OK-ACCESS-PASSPHRASE: " phrase_ "\r\nOK-ACCESS-SIGN: " sign_ "\r\n"
  client_send(
      &c, "GET /api/v5/account/config HTTP/1.1\r\n" HEAD("1HaRcjClAGdHM04/F+gjat2WEebsF8886XfRwLfR+aU=", "P") "\r\n");
  CHECK_HAS(c.body, "\"acctLv\":\"2\"");
  client_send(&c, "GET /api/v5/account/balance?ccy=BTC,USDT HTTP/1.1\r\n" HEAD(
                      "yDqui6hpZynRtnMtckbgRV4GAAVRe+3Jj3yCfLKOTpY=", "P") "\r\n");
  CHECK_HAS(c.body, "\"cashBal\":\"200000\"");
  client_send(&c, "POST /api/v5/trade/order HTTP/1.1\r\n" HEAD(
                      "4zFatYpC8v37DjDSWmxdVswKe+pK/6/pYzri2CH9TRk=", "P") "Content-Length: 113\r\n\r\n"
                  "{\"instId\":\"BTC-USDT\",\"tdMode\":\"cash\",\"clOrdId\":\"lx0001\",\"side\":\"buy\",\"ordType\":\"limit\","
                  "\"px\":\"60000\",\"sz\":\"0.001\"}");
  CHECK_HAS(c.body, "\"clOrdId\":\"lx0001\"");
  client_send(
      &c, "GET /api/v5/account/config HTTP/1.1\r\n" HEAD("1HaRcjClAGdHM04/F+gjat2WEebsF8886XfRwLfR+aU=", "Q") "\r\n");
  CHECK_INT(c.status, 401);
  CHECK_HAS(c.body, "{\"code\":\"50105\"");
  client_send(
      &c, "GET /api/v5/account/config HTTP/1.1\r\n" HEAD("2HaRcjClAGdHM04/F+gjat2WEebsF8886XfRwLfR+aU=", "P") "\r\n");
  CHECK_HAS(c.body, "{\"code\":\"50113\"");
  advance(&c, 31000);
  client_send(
      &c, "GET /api/v5/account/config HTTP/1.1\r\n" HEAD("1HaRcjClAGdHM04/F+gjat2WEebsF8886XfRwLfR+aU=", "P") "\r\n");
  CHECK_HAS(c.body, "{\"code\":\"50102\"");
  client_close(&c);
}

TEST(who_may_ask) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  client_get(&c, "/api/v5/account/config");
  CHECK_INT(c.status, 401);
  CHECK_HAS(c.body, "{\"code\":\"50103\"");
  client_get(&c, "/api/v5/nothing");
  CHECK_INT(c.status, 404);
  CHECK_HAS(client_get(&c, "/api/v5/public/time"),
            "{\"code\":\"0\",\"data\":[{\"ts\":\"1700000000000\"}],\"msg\":\"\"}");
  client_close(&c);
}

TEST(calls_are_counted) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  for (int32_t i = 0; i < 5; i++) CHECK_HAS(okx_call(&c, "GET", "/api/v5/account/config", ""), "\"code\":\"0\"");
  okx_call(&c, "GET", "/api/v5/account/config", "");
  CHECK_INT(c.status, 429);
  CHECK_HAS(c.body, "{\"code\":\"50011\"");
  advance(&c, 2000);
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/account/config", ""), "\"code\":\"0\"");
  for (int32_t i = 0; i < 60; i++) CHECK_HAS(okx_place(&c, SPOT(LIMIT)), "\"sCode\":\"0\"");
  CHECK_HAS(okx_place(&c, SPOT(LIMIT)), "{\"code\":\"50011\"");
  CHECK_HAS(okx_place(&c, SWAP(LIMIT)), "\"sCode\":\"0\""); /* of another instrument */
  client_close(&c);
}

/* --- Orders --- */

TEST(refusals_in_their_words) {
  static const struct {
    const char *body, *error;
  } rows[] = {
      {SPOT("\"side\":\"up\",\"ordType\":\"limit\",\"sz\":\"1\",\"px\":\"1\""), "51000"},
      {SPOT("\"side\":\"buy\",\"ordType\":\"gtd\",\"sz\":\"1\",\"px\":\"1\""), "51000"},
      {SPOT("\"side\":\"buy\",\"ordType\":\"limit\",\"sz\":\"0.000001\",\"px\":\"40000\""), "51121"},
      {SPOT("\"side\":\"buy\",\"ordType\":\"limit\",\"sz\":\"0.01\",\"px\":\"40000.001\""), "51000"},
      {SPOT("\"side\":\"buy\",\"ordType\":\"limit\",\"sz\":\"0.01\",\"px\":\"400000\""), "51006"},
      {SPOT("\"side\":\"sell\",\"ordType\":\"market\",\"sz\":\"100\""), "51008"},
      {SPOT(LIMIT ",\"clOrdId\":\"a-b\""), "51000"},
      {"{\"instId\":\"NO-SUCH\",\"tdMode\":\"cash\"," LIMIT "}", "51001"},
      {"{\"instId\":\"BTC-USDT\",\"tdMode\":\"cross\"," LIMIT "}", "51010"},
      {"{\"instId\":\"BTC-USDT-SWAP\",\"tdMode\":\"cash\"," LIMIT "}", "51010"},
      {SWAP("\"side\":\"buy\",\"ordType\":\"limit\",\"sz\":\"0.001\",\"px\":\"40000\""), "51121"},
      {SWAP(LIMIT ",\"posSide\":\"long\""), "51000"},
      {SWAP("\"side\":\"sell\",\"ordType\":\"market\",\"sz\":\"1\",\"reduceOnly\":true"), "51169"},
      {SWAP("\"side\":\"buy\",\"ordType\":\"limit\",\"sz\":\"90000\",\"px\":\"70000\""), "51008"},
  };
  client c;
  char wanted[40];
  okx_open(&c, NULL, NULL, CLIENT_START);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    (void)snprintf(wanted, sizeof wanted, "\"sCode\":\"%s\"", rows[i].error);
    if (strstr(okx_place(&c, rows[i].body), wanted) == NULL) TEST_FAIL("%s: %s", rows[i].body, c.body);
    CHECK_HAS(c.body, "{\"code\":\"1\"");
    CHECK_INT(c.status, 200);
  }
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-pending", ""), "\"data\":[]");
  client_close(&c);
}

TEST(an_order_is_placed_amended_and_canceled) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  CHECK_HAS(okx_place(&c, SPOT(LIMIT ",\"clOrdId\":\"one\"")), "\"clOrdId\":\"one\"");
  CHECK_HAS(okx_place(&c, SPOT(LIMIT ",\"clOrdId\":\"one\"")), "\"sCode\":\"51016\"");
  okx_call(&c, "GET", "/api/v5/trade/order", "instId=BTC-USDT&clOrdId=one");
  CHECK_HAS(c.body,
            "\"sz\":\"0.01\",\"state\":\"live\",\"accFillSz\":\"0\",\"avgPx\":\"\",\"fee\":\"0\",\"feeCcy\":\"BTC\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/account/balance", "ccy=USDT"), "\"ordFrozen\":\"400\"");
#define NAMED(rest_) "{\"instId\":\"BTC-USDT\",\"clOrdId\":\"one\"" rest_ "}"
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/amend-order", NAMED(",\"newSz\":\"0.02\",\"reqId\":\"r1\"")),
            "\"reqId\":\"r1\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-pending", "instType=SPOT"), "\"sz\":\"0.02\"");
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/cancel-order", NAMED("")), "\"sCode\":\"0\"");
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/cancel-order", NAMED("")), "\"sCode\":\"51401\"");
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/amend-order", NAMED(",\"newSz\":\"0.03\"")), "\"sCode\":\"51509\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/order", "instId=BTC-USDT&clOrdId=one"), "\"state\":\"canceled\"");
  CHECK_HAS(c.body, "\"cancelSource\":\"1\"");
  CHECK_HAS(okx_place(&c, SPOT(LIMIT ",\"clOrdId\":\"one\"")), "\"sCode\":\"0\""); /* an id comes back into use */
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/order", "instId=BTC-USDT&clOrdId=one"), "\"state\":\"live\"");
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/cancel-order", "{\"instId\":\"BTC-USDT\",\"ordId\":\"1\"}"),
            "\"sCode\":\"51400\"");
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/cancel-order", NAMED("")), "\"sCode\":\"0\"");
  advance(&c, 2 * 3600 * 1000 + 1000); /* without a fill it is forgotten */
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/order", "instId=BTC-USDT&clOrdId=one"), "{\"code\":\"51603\"");
  client_close(&c);
}

TEST(what_ends_at_once_was_taken) {
  client c;
  char body[200];
  okx_open(&c, NULL, NULL, CLIENT_START);
  client_get(&c, "/api/v5/market/ticker?instId=BTC-USDT");
  (void)snprintf(body, sizeof body,
                 SPOT("\"side\":\"buy\",\"ordType\":\"post_only\",\"sz\":\"0.01\",\"px\":\"%.0f\",\"clOrdId\":\"p\""),
                 atof(member_of(c.body, "last")) * 1.02);
  CHECK_HAS(okx_place(&c, body), "\"sCode\":\"0\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/order", "instId=BTC-USDT&clOrdId=p"), "\"state\":\"canceled\"");
  CHECK_HAS(c.body, "\"cancelSource\":\"31\"");
  client_close(&c);
}

/* A contract is a hundredth of a bitcoin. */
TEST(sizes_are_contracts) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  CHECK_HAS(client_get(&c, "/api/v5/public/instruments?instType=SWAP&instId=BTC-USDT-SWAP"), "\"ctVal\":\"0.01\"");
  CHECK_HAS(c.body, "\"lotSz\":\"0.01\"");
  CHECK_HAS(okx_place(&c, SWAP("\"side\":\"buy\",\"ordType\":\"market\",\"sz\":\"2.5\",\"clOrdId\":\"m\"")),
            "\"sCode\":\"0\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/account/positions", ""), "\"pos\":\"2.5\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/order", "instId=BTC-USDT-SWAP&clOrdId=m"), "\"accFillSz\":\"2.5\"");
  double fee = atof(member_of(c.body, "fee")), average = atof(member_of(c.body, "avgPx"));
  CHECK(fee < 0 && fee + average * 0.025 * 0.0005 < 0.001 && fee + average * 0.025 * 0.0005 > -0.001);
  CHECK_HAS(okx_place(&c, SWAP("\"side\":\"sell\",\"ordType\":\"market\",\"sz\":\"5\"")), "\"sCode\":\"0\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/account/positions", ""), "\"pos\":\"-2.5\"");
  CHECK_HAS(
      okx_call(&c, "POST", "/api/v5/trade/close-position", "{\"instId\":\"BTC-USDT-SWAP\",\"mgnMode\":\"cross\"}"),
      "\"code\":\"0\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/account/positions", ""), "\"data\":[]");
  CHECK_HAS(
      okx_call(&c, "POST", "/api/v5/trade/close-position", "{\"instId\":\"BTC-USDT-SWAP\",\"mgnMode\":\"cross\"}"),
      "\"51023\"");
  client_close(&c);
}

TEST(a_batch_fails_in_parts) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  okx_call(&c, "POST", "/api/v5/trade/batch-orders",
           "[" SPOT(LIMIT ",\"clOrdId\":\"1\"") "," SPOT("\"side\":\"buy\"") "]");
  CHECK_HAS(c.body, "{\"code\":\"2\"");
  CHECK_HAS(c.body, "\"clOrdId\":\"1\"");
  CHECK_HAS(c.body, "\"sCode\":\"51000\"");
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/cancel-batch-orders", "[{\"instId\":\"BTC-USDT\",\"clOrdId\":\"1\"}]"),
            "{\"code\":\"0\"");
  client_close(&c);
}

TEST(a_dead_man_cancels) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/cancel-all-after", "{\"timeOut\":\"5\"}"), "{\"code\":\"51000\"");
  advance(&c, 1000);
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/cancel-all-after", "{\"timeOut\":\"10\"}"),
            "\"triggerTime\":\"1700000011000\"");
  okx_place(&c, SPOT(LIMIT));
  advance(&c, 9900);
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-pending", ""), "\"state\":\"live\"");
  advance(&c, 200);
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-history", "instType=SPOT"), "\"cancelSource\":\"20\"");
  client_close(&c);
}

/* --- Conditions --- */

TEST(an_algo_order_becomes_an_order) {
  client c;
  char body[300];
  okx_open(&c, NULL, NULL, CLIENT_START);
  client_get(&c, "/api/v5/market/ticker?instId=BTC-USDT-SWAP");
  double last = atof(member_of(c.body, "last"));
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/order-algo",
                     SWAP("\"side\":\"sell\",\"ordType\":\"conditional\",\"sz\":\"1\",\"slTriggerPx\":\"900000\","
                          "\"slOrdPx\":\"-1\"")),
            "\"sCode\":\"51278\"");
  (void)snprintf(body, sizeof body,
                 SWAP("\"side\":\"buy\",\"ordType\":\"trigger\",\"sz\":\"1\",\"triggerPx\":\"%.1f\",\"orderPx\":\"-1\","
                      "\"algoClOrdId\":\"t\""),
                 last + 1);
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/order-algo", body), "\"sCode\":\"0\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-algo-pending", "ordType=trigger"), "\"state\":\"live\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-pending", ""), "\"data\":[]");
  for (int32_t i = 0; i < 600; i++) {
    advance(&c, 3000);
    if (strstr(okx_call(&c, "GET", "/api/v5/trade/order-algo", "algoClOrdId=t"), "\"effective\"") != NULL) break;
  }
  CHECK_HAS(c.body, "\"actualSz\":\"1\"");
  (void)snprintf(body, sizeof body, "instId=BTC-USDT-SWAP&ordId=%s", member_of(c.body, "ordId"));
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/order", body), "\"algoClOrdId\":\"t\"");
  CHECK_HAS(c.body, "\"source\":\"6\"");
  client_close(&c);
}

TEST(exits_come_with_an_order) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  CHECK_HAS(
      okx_place(
          &c,
          SWAP("\"side\":\"buy\",\"ordType\":\"market\",\"sz\":\"1\",\"attachAlgoOrds\":[{\"attachAlgoClOrdId\":\"x\","
               "\"tpTriggerPx\":\"90000\",\"tpOrdPx\":\"-1\",\"slTriggerPx\":\"40000\",\"slOrdPx\":\"-1\"}]")),
      "\"sCode\":\"0\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-algo-pending", "ordType=conditional,oco"),
            "\"algoClOrdId\":\"x\"");
  CHECK_HAS(c.body,
            "\"tpTriggerPx\":\"90000\",\"tpTriggerPxType\":\"last\",\"tpOrdPx\":\"-1\",\"slTriggerPx\":\"40000\"");
  CHECK_HAS(
      okx_call(&c, "POST", "/api/v5/trade/cancel-algos", "[{\"instId\":\"BTC-USDT-SWAP\",\"algoClOrdId\":\"x\"}]"),
      "\"sCode\":\"0\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-algo-history", "ordType=oco&state=canceled"),
            "\"algoClOrdId\":\"x\"");
  client_close(&c);
}

#define PAIR(rest_)                                                                                     \
  "{\"instId\":\"BTC-USDT\",\"tdMode\":\"cash\",\"side\":\"sell\",\"ordType\":\"oco\",\"sz\":\"0.01\"," \
  "\"slTriggerPx\":\"30000\",\"slOrdPx\":\"-1\"," rest_ "}"

/* Such a one is in the book at once; whichever of the two comes first ends the other. */
TEST(a_take_profit_may_be_a_limit_alone) {
  for (int32_t end = 0; end < 5; end++) { /* the stop fires; the limit is filled; the pair, or the limit, is canceled */
    client c;
    char body[160], id[24];
    okx_open(&c, NULL, NULL, CLIENT_START);
    CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/order-algo",
                       PAIR("\"tpOrdKind\":\"limit\",\"tpOrdPx\":\"90000\",\"algoClOrdId\":\"x\"")),
              "\"sCode\":\"0\"");
    CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-algo-pending", "ordType=oco"), "\"tpOrdPx\":\"90000\"");
    CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-pending", ""), "\"px\":\"90000\"");
    CHECK_HAS(c.body, "\"algoClOrdId\":\"x\"");
    (void)snprintf(id, sizeof id, "%s", member_of(c.body, "ordId"));
    CHECK_HAS(okx_call(&c, "GET", "/api/v5/account/balance", "ccy=BTC"), "\"frozenBal\":\"0.01\"");
    if (end < 2) { /* somebody trades there */
      CHECK_INT(bourse__paper_outside_trade(sim_engine(c.s), 0, 0, end == 0 ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY,
                                            end == 0 ? 2999900 : 9000000, 100000000),
                BOURSE_OK);
      sim_advance(c.s, sim_now_ns(c.s) + 1100000000);
    } else if (end == 2) {
      CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/cancel-algos", "[{\"instId\":\"BTC-USDT\",\"algoClOrdId\":\"x\"}]"),
                "\"sCode\":\"0\"");
    } else if (end == 4) { /* changed to a price that is there */
      CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/amend-algos",
                         "{\"instId\":\"BTC-USDT\",\"algoClOrdId\":\"x\",\"newTpOrdPx\":\"40000\"}"),
                "\"sCode\":\"0\"");
    } else {
      (void)snprintf(body, sizeof body, "{\"instId\":\"BTC-USDT\",\"ordId\":\"%s\"}", id);
      CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/cancel-order", body), "\"sCode\":\"0\"");
    }
    CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/order-algo", "algoClOrdId=x"),
              end < 2 || end == 4 ? "\"state\":\"effective\"" : "\"state\":\"canceled\"");
    CHECK_HAS(c.body, end == 0               ? "\"actualSide\":\"sl\""
                      : end == 1 || end == 4 ? "\"actualSide\":\"tp\""
                                             : "\"actualSide\":\"\"");
    (void)snprintf(body, sizeof body, "instId=BTC-USDT&ordId=%s", id);
    CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/order", body),
              end == 1 || end == 4 ? "\"state\":\"filled\"" : "\"state\":\"canceled\"");
    CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-pending", ""), "\"data\":[]");
    client_close(&c);
  }
}

TEST(a_take_profit_is_of_a_kind_that_there_is) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/order-algo", PAIR("\"tpOrdKind\":\"other\",\"tpOrdPx\":\"90000\"")),
            "tpOrdKind");
  client_close(&c);
}

#define ICEBERG(rest_)                                                                                      \
  "{\"instId\":\"BTC-USDT\",\"tdMode\":\"cash\",\"side\":\"sell\",\"ordType\":\"iceberg\",\"algoClOrdId\":" \
  "\"x\"," rest_ "}"

TEST(what_an_iceberg_wants) {
  static const struct {
    const char *rest, *wanted;
  } rows[] = {{"\"sz\":\"0.03\",\"pxLimit\":\"20000\",\"pxSpread\":\"0.1\"", "szLimit"},
              {"\"sz\":\"0.03\",\"szLimit\":\"0.01\",\"pxSpread\":\"0.1\"", "pxLimit"},
              {"\"sz\":\"0.03\",\"szLimit\":\"0.04\",\"pxLimit\":\"20000\",\"pxSpread\":\"0.1\"", "szLimit"},
              {"\"sz\":\"0.03\",\"szLimit\":\"0.01\",\"pxLimit\":\"20000\"", "pxVar or pxSpread"},
              {"\"sz\":\"0.03\",\"szLimit\":\"0.01\",\"pxLimit\":\"20000\",\"pxVar\":\"0.5\"", "pxVar"}};
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char body[400];
    (void)snprintf(body, sizeof body, ICEBERG("%s"), rows[i].rest);
    CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/order-algo", body), rows[i].wanted);
  }
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-algo-pending", "ordType=iceberg"), "\"data\":[]");
  client_close(&c);
}

/* Of three parts one is to be seen at a time; with the last one it is done. */
TEST(an_iceberg_shows_one_part_after_the_other) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/order-algo",
                     ICEBERG("\"sz\":\"0.025\",\"szLimit\":\"0.01\",\"pxLimit\":\"20000\",\"pxSpread\":\"0\"")),
            "\"sCode\":\"0\"");
  for (int32_t part = 0; part < 3; part++) {
    sim_advance(c.s, sim_now_ns(c.s) + 10000000);
    CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-pending", ""),
              part < 2 ? "\"sz\":\"0.01\"" : "\"sz\":\"0.005\"");
    CHECK_HAS(c.body, "\"algoClOrdId\":\"x\"");
    CHECK(strstr(strstr(c.body, "\"sz\":") + 1, "\"sz\":") == NULL); /* no other */
    CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-algo-pending", "ordType=iceberg"), "\"szLimit\":\"0.01\"");
    CHECK_HAS(c.body, part == 0 ? "\"actualSz\":\"0\"" : part == 1 ? "\"actualSz\":\"0.01\"" : "\"actualSz\":\"0.02\"");
    CHECK_INT(bourse__paper_outside_trade(sim_engine(c.s), 0, 0, BOURSE_SIDE_BUY, 9000000, 100000000), BOURSE_OK);
  }
  sim_advance(c.s, sim_now_ns(c.s) + 10000000);
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/order-algo", "algoClOrdId=x"), "\"state\":\"effective\"");
  CHECK_HAS(c.body, "\"actualSz\":\"0.025\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-pending", ""), "\"data\":[]");
  client_close(&c);
}

/* Beyond its limit it shows nothing; canceled, it takes its part along. */
TEST(an_iceberg_keeps_its_limit) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/order-algo",
                     ICEBERG("\"sz\":\"0.03\",\"szLimit\":\"0.01\",\"pxLimit\":\"200000\",\"pxVar\":\"0.001\"")),
            "\"sCode\":\"0\"");
  sim_advance(c.s, sim_now_ns(c.s) + 10000000);
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-pending", ""), "\"data\":[]");
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/cancel-algos", "[{\"instId\":\"BTC-USDT\",\"algoClOrdId\":\"x\"}]"),
            "\"sCode\":\"0\"");
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/order-algo",
                     ICEBERG("\"sz\":\"0.03\",\"szLimit\":\"0.01\",\"pxLimit\":\"20000\",\"pxVar\":\"0.001\"")),
            "\"sCode\":\"0\"");
  sim_advance(c.s, sim_now_ns(c.s) + 10000000);
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-pending", ""), "\"algoClOrdId\":\"x\"");
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/trade/cancel-algos", "[{\"instId\":\"BTC-USDT\",\"algoClOrdId\":\"x\"}]"),
            "\"sCode\":\"0\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-pending", ""), "\"data\":[]");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/orders-algo-history", "ordType=iceberg&state=canceled"),
            "\"pxVar\":\"0.001\"");
  client_close(&c);
}

TEST(long_and_short_stand_side_by_side) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/account/set-position-mode", "{\"posMode\":\"long_short_mode\"}"),
            "\"code\":\"0\"");
  CHECK_HAS(okx_place(&c, SWAP("\"side\":\"buy\",\"ordType\":\"market\",\"sz\":\"1\"")), "\"sCode\":\"51000\"");
  CHECK_HAS(okx_place(&c, SWAP("\"side\":\"buy\",\"posSide\":\"long\",\"ordType\":\"market\",\"sz\":\"1\"")),
            "\"sCode\":\"0\"");
  CHECK_HAS(okx_place(&c, SWAP("\"side\":\"sell\",\"posSide\":\"short\",\"ordType\":\"market\",\"sz\":\"2\"")),
            "\"sCode\":\"0\"");
  okx_call(&c, "GET", "/api/v5/account/positions", "instType=SWAP");
  CHECK_HAS(c.body, "\"posSide\":\"long\",\"pos\":\"1\"");
  CHECK_HAS(c.body, "\"posSide\":\"short\",\"pos\":\"2\"");
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/account/set-position-mode", "{\"posMode\":\"net_mode\"}"),
            "{\"code\":\"59000\"");
  client_close(&c);
}

TEST(money_moves_between_accounts) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/asset/transfer",
                     "{\"ccy\":\"USDT\",\"amt\":\"99999\",\"from\":\"6\",\"to\":\"18\"}"),
            "{\"code\":\"58350\"");
  CHECK_HAS(okx_call(&c, "POST", "/api/v5/asset/transfer",
                     "{\"ccy\":\"USDT\",\"amt\":\"100\",\"from\":\"6\",\"to\":\"18\",\"clientId\":\"k\"}"),
            "\"transId\":\"17");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/asset/balances", ""), "\"bal\":\"9900\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/asset/transfer-state", "clientId=k"), "\"state\":\"success\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/account/bills", "type=1"), "\"balChg\":\"100\"");
  client_close(&c);
}

/* Days begin at four in the afternoon, unless their name ends with utc. */
TEST(candles_by_the_clock_of_hong_kong) {
  client c;
  okx_open(&c, NULL, NULL, CLIENT_START);
  CHECK_HAS(client_get(&c, "/api/v5/market/candles?instId=BTC-USDT&bar=1D&limit=1"), "[[\"1699977600000\""); /* 16:00 */
  CHECK_HAS(client_get(&c, "/api/v5/market/candles?instId=BTC-USDT&bar=1Dutc&limit=1"), "[[\"1699920000000\"");
  CHECK_HAS(client_get(&c, "/api/v5/market/candles?instId=BTC-USDT&bar=1m&after=1699999200000&before=1699999080000"),
            "\"data\":[[\"1699999140000\"");
  CHECK_HAS(c.body, "\"1\"]],\"msg\"");
  client_close(&c);
}

TEST(planned_faults_strike) {
  client c;
  okx_open(&c,
           "[{\"fault\":\"unknown_status\",\"nth\":1},{\"fault\":\"engine_busy\",\"from_ms\":1000,\"to_ms\":2000},"
           "{\"fault\":\"maintenance\",\"from_ms\":5000,\"to_ms\":6000},{\"fault\":\"late_query\",\"to_ms\":500}]",
           NULL, CLIENT_START);
  CHECK_HAS(okx_place(&c, SPOT(LIMIT ",\"clOrdId\":\"u\"")), "{\"code\":\"50004\"");
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/order", "instId=BTC-USDT&clOrdId=u"), "\"51603\""); /* not yet */
  advance(&c, 600);
  CHECK_HAS(okx_call(&c, "GET", "/api/v5/trade/order", "instId=BTC-USDT&clOrdId=u"), "\"state\":\"live\"");
  advance(&c, 600);
  CHECK_HAS(okx_place(&c, SPOT(LIMIT)), "{\"code\":\"50013\"");
  advance(&c, 4000);
  okx_call(&c, "GET", "/api/v5/account/config", "");
  CHECK_INT(c.status, 503);
  CHECK_HAS(c.body, "{\"code\":\"50001\"");
  CHECK_HAS(client_get(&c, "/api/v5/system/status"), "\"state\":\"ongoing\"");
  client_close(&c);
}

TEST_MAIN()
