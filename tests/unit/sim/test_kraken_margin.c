/* The Kraken dialect: spot orders with leverage, the positions they make, what these are backed with; and trailing orders
 * whose limit is an offset. */
#include "kraken.h"

#define BUY  "pair=XBTUSD&type=buy&ordertype=market&leverage=2"
#define SELL "pair=XBTUSD&type=sell&ordertype=market&leverage=2"

/* The market's last price is that much now, in cents. */
static void move_to(client *c, int64_t price) {
  bourse__paper_set_last(sim_engine(c->s), 0, price);
  advance(c, 1000);
}

static int64_t last_of(client *c) { return bourse__paper_market(sim_engine(c->s), 0)->last; }

/* a - b of two members as they were told. */
static bourse_decimal difference(const char *a, const char *b) {
  bourse_decimal x, y, out = {0, 0, 0, 0};
  CHECK(sim_decimal(&x, a) && sim_decimal(&y, b));
  (void)bourse_decimal_sub(&out, &x, &y);
  return out;
}

TEST(margin_is_listed) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  CHECK_HAS(client_get(&c, "/0/public/AssetPairs?pair=XBTUSD"),
            "\"leverage_buy\":[2,3,4,5],\"leverage_sell\":[2,3,4,5]");
  CHECK_HAS(client_get(&c, "/0/public/AssetPairs?pair=XDGUSD"), "\"leverage_buy\":[2],");
  client_close(&c);
}

TEST(what_is_refused) {
  static const struct {
    const char *params, *error;
  } rows[] = {
      {"pair=XDGUSD&type=buy&ordertype=market&volume=100&leverage=3", "EGeneral:Invalid arguments:leverage"},
      {"pair=XBTUSD&type=buy&ordertype=market&volume=1&leverage=1", "EGeneral:Invalid arguments:leverage"},
      {"pair=XBTUSD&type=buy&ordertype=market&volume=1&leverage=2.5", "EGeneral:Invalid arguments:leverage"},
      {"pair=XBTUSD&type=buy&ordertype=market&volume=1&leverage=two", "EGeneral:Invalid arguments:leverage"},
      {BUY "&volume=100&oflags=viqc", "EGeneral:Invalid arguments:viqc"},
      {BUY "&volume=90", "EOrder:Insufficient margin"},
      {"pair=XBTUSD&type=buy&ordertype=market&leverage=5&volume=180", "EOrder:Insufficient margin"},
      {SELL "&volume=1&reduce_only=true", "EOrder:Reduce only:No position exists"},
      {"pair=XBTUSD&type=sell&ordertype=market&volume=1&reduce_only=true", "EOrder:Reduce only:No position exists"},
      {SELL "&volume=0", "EOrder:Unknown position"},
      {"pair=XBTUSD&type=sell&ordertype=market&volume=0", "EGeneral:Invalid arguments:volume"},
      {"pair=XBTUSD&type=sell&ordertype=trailing-stop-limit&volume=1&price=%2B100",
       "EGeneral:Invalid arguments:price2"},
      {"pair=XBTUSD&type=sell&ordertype=trailing-stop-limit&volume=1&price=%2B100&price2=60000",
       "EGeneral:Invalid arguments:price2"},
  };
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char expected[160];
    (void)snprintf(expected, sizeof expected, "{\"error\":[\"%s\"]}", rows[i].error);
    CHECK_STR(spot(&c, "AddOrder", rows[i].params), expected);
  }
  advance(&c, 60000);
  CHECK_STR(spot(&c, "OpenPositions", ""), "{\"error\":[],\"result\":{}}");
  CHECK_HAS(spot(&c, "Balance", ""), "\"ZUSD\":\"1000000.0000\"");
  client_close(&c);
}

/* No more than the fee leaves the account, nothing of what was bought comes to it, and what waits counts as well. */
TEST(a_position_from_opening_to_closing) {
  client c;
  char id[32], cost[40], before[40];
  kraken_open(&c, NULL, NULL, 0, 1);
  CHECK_HAS(spot(&c, "AddOrder", BUY "&volume=0.01&cl_ord_id=mine"),
            "\"order\":\"buy 0.01000 XBTUSD @ market with 2:1 leverage\"");
  (void)snprintf(id, sizeof id, "%s", member_of(c.body, "txid"));
  CHECK_HAS(spot(&c, "ClosedOrders", ""), "\"leverage\":\"2:1\"");
  CHECK_HAS(c.body, "\"oflags\":\"fciq\",\"margin\":true");
  (void)snprintf(cost, sizeof cost, "%s", member_of(c.body, "cost"));
  const char *fee = member_of(c.body, "fee");
  CHECK_HAS(spot(&c, "Balance", ""), "\"XXBT\":\"10.0000000000\"");
  bourse_decimal left = difference("1000000", fee), told = difference(member_of(c.body, "ZUSD"), "0");
  CHECK_INT(bourse_decimal_compare(&left, &told), 0);
  CHECK_HAS(spot(&c, "OpenPositions", ""), id);
  CHECK_HAS(c.body, "\"posstatus\":\"open\",\"pair\":\"XXBTZUSD\"");
  CHECK_HAS(c.body, "\"vol\":\"0.01000\",\"vol_closed\":\"0.00000\"");
  CHECK(strstr(c.body, "\"net\"") == NULL); /* only where it is asked for */
  move_to(&c, last_of(&c) + 10000);
  CHECK_HAS(spot(&c, "OpenPositions", "docalcs=true"), "\"net\":\"+1.0000\"");
  CHECK_HAS(spot(&c, "TradeBalance", ""), "\"n\":\"1.0000\"");
  CHECK_STR(member_of(c.body, "c"), cost);
  /* Half of it closes; what that brings is the difference of the prices. */
  advance(&c, 60000);
  (void)snprintf(before, sizeof before, "%s", member_of(spot(&c, "Balance", ""), "ZUSD"));
  spot(&c, "AddOrder", SELL "&volume=0.005&reduce_only=true");
  CHECK_HAS(spot(&c, "OpenPositions", ""), "\"vol\":\"0.01000\",\"vol_closed\":\"0.00500\"");
  spot(&c, "Ledgers", "type=margin");
  CHECK_HAS(c.body, "\"count\":2");
  bourse_decimal gain = difference(member_of(c.body, "amount"), member_of(c.body, "fee")),
                 moved = difference(member_of(spot(&c, "Balance", ""), "ZUSD"), before);
  CHECK_INT(bourse_decimal_compare(&gain, &moved), 0);
  advance(&c, 60000);
  CHECK_HAS(spot(&c, "TradesHistory", ""), "\"count\":2");
  CHECK_HAS(c.body, "\"leverage\":\"2\"");
  /* All the rest, by volume 0. */
  CHECK_HAS(spot(&c, "AddOrder", SELL "&volume=0&reduce_only=true"), "sell 0.00500 XBTUSD @ market");
  CHECK_STR(spot(&c, "OpenPositions", "consolidation=market"), "{\"error\":[],\"result\":[]}");
  CHECK_HAS(spot(&c, "TradeBalance", ""), "\"m\":\"0.0000\"");
  CHECK(strstr(c.body, "\"ml\"") == NULL);
  client_close(&c);
}

TEST(positions_of_a_market_put_together) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrder", BUY "&volume=0.01");
  spot(&c, "AddOrder", "pair=XBTUSD&type=buy&ordertype=market&leverage=5&volume=0.01");
  spot(&c, "AddOrder", "pair=ETHUSD&type=sell&ordertype=market&leverage=3&volume=0.1");
  spot(&c, "OpenPositions", "docalcs=true&consolidation=market");
  CHECK_HAS(c.body, "\"result\":[{\"pair\":\"XXBTZUSD\",\"positions\":\"2\",\"type\":\"buy\"");
  CHECK_HAS(c.body, "\"vol\":\"0.02000\"");
  CHECK_HAS(c.body, "{\"pair\":\"XETHZUSD\",\"positions\":\"1\",\"type\":\"sell\",\"leverage\":\"3.00000\"");
  CHECK_STR(spot(&c, "OpenPositions", "consolidation=pair"),
            "{\"error\":[\"EGeneral:Invalid arguments:consolidation\"]}");
  client_close(&c);
}

TEST(who_sold_gains_when_the_price_falls) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrder", SELL "&volume=0.01");
  CHECK_HAS(spot(&c, "Balance", ""), "\"XXBT\":\"10.0000000000\"");
  move_to(&c, last_of(&c) - 10000);
  CHECK_HAS(spot(&c, "OpenPositions", "docalcs=true&consolidation=market"), "\"net\":\"+1.0000\"");
  move_to(&c, last_of(&c) + 30000);
  CHECK_HAS(spot(&c, "OpenPositions", "docalcs=true"), "\"net\":\"-2.0000\"");
  client_close(&c);
}

/* An order of the other side without reduce_only closes first, and opens with what is left of it. */
TEST(what_closes_more_than_there_is_opens) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrder", BUY "&volume=0.01");
  spot(&c, "AddOrder", SELL "&volume=0.03");
  CHECK_HAS(spot(&c, "OpenPositions", "consolidation=market"), "\"positions\":\"1\",\"type\":\"sell\"");
  CHECK_HAS(c.body, "\"vol\":\"0.02000\"");
  CHECK_HAS(spot(&c, "AddOrder", BUY "&volume=5&reduce_only=true"), "buy 0.02000 XBTUSD"); /* never more */
  CHECK_STR(spot(&c, "OpenPositions", "consolidation=market"), "{\"error\":[],\"result\":[]}");
  client_close(&c);
}

TEST(orders_that_only_reduce_shrink_with_the_position) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrder", BUY "&volume=0.01");
  CHECK_HAS(spot(&c, "AddOrder",
                 "pair=XBTUSD&type=sell&ordertype=limit&price=90000&volume=0.01&leverage=2&reduce_only=true"
                 "&cl_ord_id=gain"),
            "\"error\":[],");
  spot(&c, "AddOrder", SELL "&volume=0.006");
  CHECK_HAS(spot(&c, "OpenOrders", "cl_ord_id=gain"), "\"vol\":\"0.00400\"");
  CHECK_HAS(c.body, "\"reduce_only\":true");
  CHECK_HAS(spot(&c, "AmendOrder", "cl_ord_id=gain&order_qty=0.01"), "\"error\":[]");
  CHECK_HAS(spot(&c, "OpenOrders", "cl_ord_id=gain"), "\"vol\":\"0.00400\"");
  advance(&c, 60000);
  spot(&c, "AddOrder", SELL "&volume=0");
  CHECK_HAS(spot(&c, "OpenOrders", ""), "{\"open\":{}}");
  CHECK_HAS(spot(&c, "ClosedOrders", "cl_ord_id=gain"), "\"status\":\"canceled\"");
  client_close(&c);
}

/* Orders with and without leverage are one account's: one set of client ids, one way to cancel. */
TEST(one_account_for_both) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  CHECK_HAS(spot(&c, "AddOrder", "pair=XBTUSD&type=buy&ordertype=limit&volume=0.01&price=20000&cl_ord_id=mine"),
            "txid");
  CHECK_STR(
      spot(&c, "AddOrder", "pair=XBTUSD&type=buy&ordertype=limit&volume=0.01&price=20000&leverage=2&cl_ord_id=mine"),
      "{\"error\":[\"EOrder:Duplicate cl_ord_id\"]}");
  CHECK_HAS(
      spot(&c, "AddOrder", "pair=XBTUSD&type=buy&ordertype=limit&volume=0.01&price=20000&leverage=2&cl_ord_id=two"),
      "txid");
  CHECK_HAS(spot(&c, "TradeBalance", ""), "\"uv\":\"200.0000\"");
  CHECK_HAS(spot(&c, "BalanceEx", ""), "\"hold_trade\":\"200\""); /* only the one without leverage holds */
  CHECK_HAS(spot(&c, "AmendOrder", "cl_ord_id=two&order_qty=0.02"), "amend_id");
  CHECK_STR(spot(&c, "AmendOrder", "cl_ord_id=two&order_qty=5000"), "{\"error\":[\"EOrder:Insufficient margin\"]}");
  CHECK_STR(spot(&c, "CancelAll", ""), "{\"error\":[],\"result\":{\"count\":2}}");
  client_close(&c);
}

TEST(the_old_edit_keeps_leverage) {
  client c;
  char params[96];
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrder", "pair=XBTUSD&type=buy&ordertype=limit&volume=0.01&price=20000&leverage=3");
  (void)snprintf(params, sizeof params, "txid=%s&pair=XBTUSD&volume=0.02", member_of(c.body, "txid"));
  CHECK_HAS(spot(&c, "EditOrder", params), "buy 0.02000 XBTUSD @ limit 20000 with 3:1 leverage");
  client_close(&c);
}

TEST(a_conditional_close_is_on_margin_too) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrder", BUY "&volume=0.01&close[ordertype]=stop-loss&close[price]=20000");
  CHECK_HAS(spot(&c, "OpenOrders", ""), "\"leverage\":\"2:1\",\"order\":\"sell 0.00996 XBTUSD @ stop loss");
  move_to(&c, 1999999);
  CHECK_HAS(spot(&c, "OpenPositions", ""), "\"vol\":\"0.01000\",\"vol_closed\":\"0.00996\"");
  client_close(&c);
}

/* Below a margin level of 40 percent orders and positions end. */
TEST(what_is_not_backed_any_more_is_closed) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  for (uint32_t i = 1; i < 6; i++) /* what else there is is worth next to nothing */
    if (i != 3) bourse__paper_set_last(sim_engine(c.s), i, 1);
  int64_t price = last_of(&c);
  CHECK_HAS(spot(&c, "AddOrder", "pair=XBTUSD&type=buy&ordertype=market&leverage=5&volume=60"), "txid");
  CHECK_HAS(spot(&c, "AddOrder", "pair=XBTUSD&type=buy&ordertype=limit&price=100&leverage=5&volume=0.01"), "txid");
  move_to(&c, price * 6 / 10);
  CHECK_HAS(spot(&c, "OpenPositions", "consolidation=market"), "\"pair\":\"XXBTZUSD\"");
  CHECK_HAS(spot(&c, "ClosedOrders", ""), "\"count\":1");
  move_to(&c, price * 45 / 100);
  CHECK_HAS(spot(&c, "OpenOrders", ""), "{\"open\":{}}");
  CHECK_HAS(spot(&c, "ClosedOrders", ""), "\"reason\":\"Liquidation\"");
  CHECK_HAS(c.body, "\"type\":\"sell\",\"ordertype\":\"market\""); /* as far as the book goes */
  client_close(&c);
}

TEST(streams_tell_of_margin) {
  client c, socket;
  char text[256], token[64];
  kraken_open(&c, NULL, NULL, 0, 1);
  (void)snprintf(token, sizeof token, "%s", member_of(spot(&c, "GetWebSocketsToken", ""), "token"));
  kraken_socket(&socket, &c, "/v2");
  (void)snprintf(text, sizeof text,
                 "{\"method\":\"subscribe\",\"params\":{\"channel\":\"executions\",\"token\":\"%s\"}}", token);
  say(&socket, text);
  (void)snprintf(text, sizeof text, "{\"method\":\"subscribe\",\"params\":{\"channel\":\"balances\",\"token\":\"%s\"}}",
                 token);
  say(&socket, text);
  (void)snprintf(
      text, sizeof text,
      "{\"method\":\"add_order\",\"params\":{\"order_type\":\"market\",\"side\":\"buy\",\"symbol\":\"BTC/USD\","
      "\"order_qty\":0.01,\"margin\":true,\"token\":\"%s\"}}",
      token);
  say(&socket, text);
  CHECK_HAS(heard_with(&socket, "pending_new"), "\"margin\":true");
  CHECK_HAS(heard_with(&socket, "\"exec_type\":\"trade\""), "\"fees\":[{\"asset\":\"USD\"");
  const char *told = heard_with(&socket, "\"channel\":\"balances\",\"type\":\"update\"");
  CHECK_HAS(told, "\"type\":\"margin\",\"asset\":\"USD\"");
  CHECK_HAS(told, "\"amount\":0,\"fee\":2.");
  CHECK_HAS(spot(&c, "OpenPositions", "consolidation=market"), "\"leverage\":\"5.00000\""); /* the most there is */
  client_close(&c);
}

/* --- trailing-stop-limit --- */

TEST(the_limit_of_a_trailing_order_is_where_it_fires) {
  static const struct {
    const char *side, *price, *price2;
    int64_t far, fires, limit; /* cents from where it began, and what the limit is from there */
  } rows[] = {{"sell", "%2B100", "-10", 20000, 10000, 9000},
              {"sell", "%2B100", "%232", 20000, 9000, 9800},
              {"sell", "%2B100", "%2B400", 0, -10000, 30000},
              {"buy", "%2B100", "%2B10", -20000, -10000, -9000}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    client c;
    char params[200], wanted[64];
    kraken_open(&c, NULL, NULL, 0, 1);
    int64_t first = last_of(&c);
    (void)snprintf(params, sizeof params,
                   "pair=XBTUSD&type=%s&ordertype=trailing-stop-limit&volume=0.01&price=%s&price2=%s&cl_ord_id=t",
                   rows[i].side, rows[i].price, rows[i].price2);
    CHECK_HAS(spot(&c, "AddOrder", params), "txid");
    CHECK_HAS(spot(&c, "OpenOrders", ""), "\"price\":\"+100\"");
    move_to(&c, first + rows[i].far);
    CHECK_HAS(spot(&c, "OpenOrders", ""), "\"limitprice\":\"0.00\"");
    move_to(&c, first + rows[i].fires);
    (void)snprintf(wanted, sizeof wanted, "\"limitprice\":\"%lld.%02lld\"", (long long)(first + rows[i].limit) / 100,
                   (long long)(first + rows[i].limit) % 100);
    spot(&c, "OpenOrders", "");
    if (strstr(c.body, wanted) == NULL) spot(&c, "ClosedOrders", "");
    CHECK_HAS(c.body, wanted);
    client_close(&c);
  }
}

TEST(a_trailing_limit_is_amended_as_offsets) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  int64_t first = last_of(&c);
  spot(&c, "AddOrder",
       "pair=XBTUSD&type=sell&ordertype=trailing-stop-limit&volume=0.01&price=%2B1%25&price2=-0.5%25&cl_ord_id=t");
  CHECK_HAS(spot(&c, "OpenOrders", ""), "\"price\":\"+1%\",\"price2\":\"-0.5%\"");
  CHECK_STR(spot(&c, "AmendOrder", "cl_ord_id=t&limit_price=60000"),
            "{\"error\":[\"EGeneral:Invalid arguments:limit_price\"]}");
  CHECK_HAS(spot(&c, "AmendOrder", "cl_ord_id=t&trigger_price=%2B100&limit_price=%2B500"), "amend_id");
  CHECK_HAS(spot(&c, "OpenOrders", ""), "\"price\":\"+100\",\"price2\":\"+500\"");
  move_to(&c, first - 10000);
  char wanted[64];
  (void)snprintf(wanted, sizeof wanted, "\"limitprice\":\"%lld.%02lld\"", (long long)(first + 40000) / 100,
                 (long long)(first + 40000) % 100);
  CHECK_HAS(spot(&c, "OpenOrders", ""), wanted);
  client_close(&c);
}

TEST_MAIN()
