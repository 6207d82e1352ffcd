/* The Kraken dialect, REST: what it checks, what it refuses and in which words, budgets, the life of orders. */
#include "kraken.h"

#define LIMIT "pair=XBTUSD&type=buy&ordertype=limit&volume=0.01&price=20000"

/* --- Keys --- */

/* Signatures that others made: the API's documentation, its Go SDK, and Node's crypto. */
TEST(signatures_of_others_are_taken) {
  static const char first[] =
      "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";
  static const char second[] = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
  static const char third[] =
      "bGlieGNoZy1kdW1teS1zZWNyZXQtZm9yLWtyYWtlbi1zcG90LTAxMjM0NTY3ODktYWJjZGVmZ2hpamtsbW5vcA==";
  static const char fourth[] =
      "bGlieGNoZy1kdW1teS1zZWNyZXQtZm9yLWtyYWtlbi1mdXR1cmVzLTAxMjM0NTY3ODktYWJjZGVmZ2hpamtsbQ==";
  const sim_key keys[] = {{"main", "one", first, NULL, 0, 0},
                          {"main", "two", second, NULL, 0, 0},
                          {"main", "three", third, NULL, 0, 0},
                          {"main", "four-futures", fourth, NULL, 0, 0}};
  client c;
  kraken_open(&c, NULL, keys, 4, 1);
  const char *form = "application/x-www-form-urlencoded";
  kraken_signed(&c, "/0/private/AddOrder", "one",
                "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==", form,
                "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25");
  CHECK_HAS(c.body,
            "{\"error\":[],\"result\":{\"descr\":{\"order\":\"buy 1.25000 XBTUSD @ limit 37500\"},\"txid\":[\"O");
  kraken_signed(&c, "/0/private/Balance", "two",
                "6i7+cpXVLDDnDOekgsRcgFQhkYFyPDSSxhSVA8OrA6vjziXcy2K1DP3n7f9B/Kgni71WjBSQusZKxduRsdF20Q==", form,
                "nonce=1700000000000000000");
  CHECK_HAS(c.body, "\"ZUSD\":\"1000000.0000\"");
  kraken_signed(
      &c, "/0/private/AddOrder", "three",
      "d0ovl7Z2VozXSTqoZlwmJ/9KRI94tJPzgYDt474j2jNKw8n02G1b/Y7V/eIzNkOY+KfPg8LEQxwE3GhfRH3z+w==", "application/json",
      "{\"nonce\":\"1767225600003\",\"pair\":\"XBTUSD\",\"type\":\"buy\",\"ordertype\":\"market\",\"volume\":\"1."
      "25\"}");
  CHECK_HAS(c.body, "buy 1.25000 XBTUSD @ market");
  client_send(&c,
              "GET /derivatives/api/v3/fills?lastFillTime=2026-01-01T00%3A00%3A00.000Z HTTP/1.1\r\nHost: x\r\n"
              "APIKey: four-futures\r\nNonce: 1767225600000\r\nAuthent: "
              "k9+sy7JPz4w3T2OL/kwOMwAf7UensaACrll3FkOzO8s9gBqitZxM3WYaDT9OHYtU2pP47EmqmUd4KX0mW2/OQg==\r\n\r\n");
  CHECK_HAS(c.body, "{\"fills\":[],\"result\":\"success\"");
  client_send(
      &c,
      "POST /derivatives/api/v3/sendorder HTTP/1.1\r\nHost: x\r\nAPIKey: four-futures\r\nNonce: 1767225600001\r\n"
      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 83\r\nAuthent: "
      "ijolVtoI6R+5D3BpYEOdPxBoZPMB2Q7KPvctAl28rl66/HS+Zs3xqhTrNWtxXOuzjSM6mmEVQG6PNgDFxi+7xQ==\r\n\r\n"
      "orderType=lmt&symbol=PF_XBTUSD&side=buy&size=0.01&limitPrice=27500&cliOrdId=xg-0001");
  CHECK_HAS(c.body, "\"status\":\"placed\"");
  client_close(&c);
}

TEST(who_may_ask) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  CHECK_STR(kraken_signed(&c, "/0/private/Balance", "nobody", "x", "text/plain", "nonce=1"),
            "{\"error\":[\"EAPI:Invalid key\"]}");
  CHECK_STR(kraken_signed(&c, "/0/private/Balance", "sim-key", "x", "application/x-www-form-urlencoded", "nonce=1"),
            "{\"error\":[\"EAPI:Invalid signature\"]}");
  CHECK_STR(kraken_signed(&c, "/0/private/Balance", "sim-futures-key", "x", "text/plain", "nonce=1"),
            "{\"error\":[\"EAPI:Invalid key\"]}");
  CHECK_HAS(spot(&c, "Balance", ""), "\"ZUSD\":\"1000000.0000\"");
  kraken_nonce--; /* the same again */
  CHECK_STR(spot(&c, "Balance", ""), "{\"error\":[\"EAPI:Invalid nonce\"]}");
  CHECK_STR(spot(&c, "Nothing", ""), "{\"error\":[\"EGeneral:Unknown method\"]}");
  CHECK_INT(c.status, 200);
  CHECK_HAS(client_get(&c, "/derivatives/api/v3/accounts"), "{\"result\":\"error\",\"error\":\"authenticationError\"");
  client_close(&c);
}

TEST(guessing_keys_locks_out) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  for (int32_t i = 0; i < 11; i++) kraken_signed(&c, "/0/private/Balance", "guess", "x", "text/plain", "nonce=1");
  CHECK_STR(spot(&c, "Balance", ""), "{\"error\":[\"EGeneral:Temporary lockout\"]}");
  advance(&c, 15 * 60000 + 1);
  CHECK_HAS(spot(&c, "Balance", ""), "\"error\":[],");
  client_close(&c);
}

/* --- Budgets --- */

TEST(calls_are_counted) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  for (int32_t i = 0; i < 5; i++) CHECK_HAS(spot(&c, "Balance", ""), "\"error\":[],");
  for (int32_t i = 0; i < 5; i++) CHECK_HAS(spot(&c, "Ledgers", ""), "\"error\":[],"); /* two each */
  CHECK_STR(spot(&c, "Balance", ""), "{\"error\":[\"EAPI:Rate limit exceeded\"]}");
  CHECK_HAS(spot(&c, "AddOrder", LIMIT), "\"error\":[],"); /* the engine counts these */
  advance(&c, 2900);
  CHECK_STR(spot(&c, "Balance", ""), "{\"error\":[\"EAPI:Rate limit exceeded\"]}");
  advance(&c, 200);
  CHECK_HAS(spot(&c, "Balance", ""), "\"error\":[],");
  client_close(&c);
}

TEST(the_engine_counts_orders_by_pair_and_cancels_by_age) {
  client c;
  char params[64];
  kraken_open(&c, NULL, NULL, 0, 1);
  for (int32_t i = 0; i < 6; i++) { /* 9 each: 1 and, within five seconds, 8 */
    CHECK_HAS(spot(&c, "AddOrder", LIMIT), "\"error\":[],");
    (void)snprintf(params, sizeof params, "txid=%s", member_of(c.body, "txid"));
    CHECK_STR(spot(&c, "CancelOrder", params), "{\"error\":[],\"result\":{\"count\":1}}");
  }
  for (int32_t i = 0; i < 6; i++) CHECK_HAS(spot(&c, "AddOrder", LIMIT), "\"error\":[],");
  CHECK_STR(spot(&c, "AddOrder", LIMIT), "{\"error\":[\"EOrder:Rate limit exceeded\"]}");
  (void)snprintf(params, sizeof params, "pair=ETHUSD&type=buy&ordertype=limit&volume=0.01&price=2000");
  CHECK_HAS(spot(&c, "AddOrder", params), "\"error\":[],");
  advance(&c, 1100);
  CHECK_HAS(spot(&c, "AddOrder", LIMIT), "\"error\":[],");
  client_close(&c);
}

/* --- Orders --- */

TEST(refusals_in_their_words) {
  static const struct {
    const char *params, *error;
  } rows[] = {
      {"pair=NOSUCH&type=buy&ordertype=limit&volume=1&price=1", "EQuery:Unknown asset pair"},
      {"pair=XBTUSD&type=buy&ordertype=limits&volume=1&price=1", "EGeneral:Invalid arguments:ordertype"},
      {"pair=XBTUSD&type=bye&ordertype=market&volume=1", "EGeneral:Invalid arguments:type"},
      {"pair=XBTUSD&type=buy&ordertype=limit&price=20000", "EGeneral:Invalid arguments:volume"},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=-1&price=20000", "EGeneral:Invalid arguments:volume"},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=0.00001&price=20000", "EOrder:Order minimum not met"},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=0.00005&price=20", "EOrder:Cost minimum not met"},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=1&price=20000.123",
       "EOrder:Invalid price:BTC/USD price can only be specified up to 2 decimals."},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=1000&price=20000", "EOrder:Insufficient funds"},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=1", "EGeneral:Invalid arguments:price"},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=1&price=20000&leverage=6", "EGeneral:Invalid arguments:leverage"},
      {"pair=XBTUSD&type=sell&ordertype=market&volume=1&oflags=viqc", "EGeneral:Invalid arguments:viqc"},
      {"pair=XBTUSD&type=buy&ordertype=market&volume=1&oflags=post", "EGeneral:Invalid arguments:oflags"},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=1&price=20000&oflags=posts", "EGeneral:Invalid arguments:oflags"},
      {"pair=XBTUSD&type=buy&ordertype=iceberg&volume=1.5&price=20000&displayvol=0.09",
       "EGeneral:Invalid arguments:displayvol"},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=1&price=20000&timeinforce=GTX",
       "EGeneral:Invalid arguments:timeinforce"},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=1&price=20000&timeinforce=GTD",
       "EGeneral:Invalid arguments:expiretm"},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=1&price=20000&cl_ord_id=nineteen-characters",
       "EGeneral:Invalid arguments:cl_ord_id"},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=1&price=20000&userref=1.5", "EGeneral:Invalid arguments:userref"},
      {"pair=XBTUSD&type=buy&ordertype=limit&volume=1&price=20000&deadline=2023-11-14T22:13:19Z",
       "EService:Deadline elapsed"},
      {"pair=XBTUSD&type=sell&ordertype=trailing-stop&volume=1&price=500", "EGeneral:Invalid arguments:price"},
      {"pair=XBTUSD&type=sell&ordertype=stop-loss-limit&volume=1&price=20000", "EGeneral:Invalid arguments:price2"},
      {"pair=XBTUSD&type=sell&ordertype=settle-position&volume=0", "EOrder:Unknown position"},
  };
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    char expected[160];
    (void)snprintf(expected, sizeof expected, "{\"error\":[\"%s\"]}", rows[i].error);
    CHECK_STR(spot(&c, "AddOrder", rows[i].params), expected);
    advance(&c, 1000);
  }
  CHECK_STR(spot(&c, "OpenOrders", ""), "{\"error\":[],\"result\":{\"open\":{}}}");
  client_close(&c);
}

TEST(an_order_from_placing_to_its_end) {
  client c;
  char id[32], params[128];
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrder", LIMIT "&cl_ord_id=mine&validate=true");
  CHECK_STR(c.body, "{\"error\":[],\"result\":{\"descr\":{\"order\":\"buy 0.01000 XBTUSD @ limit 20000\"}}}");
  CHECK_HAS(spot(&c, "OpenOrders", ""), "{\"open\":{}}");
  (void)snprintf(id, sizeof id, "%s", member_of(spot(&c, "AddOrder", LIMIT "&cl_ord_id=mine"), "txid"));
  CHECK_INT(strlen(id), 19);
  CHECK_STR(spot(&c, "AddOrder", LIMIT "&cl_ord_id=mine"), "{\"error\":[\"EOrder:Duplicate cl_ord_id\"]}");
  CHECK_HAS(spot(&c, "OpenOrders", "cl_ord_id=mine"), id);
  CHECK_HAS(c.body, "\"status\":\"open\"");
  CHECK_HAS(c.body, "\"vol\":\"0.01000\"");
  CHECK_HAS(spot(&c, "BalanceEx", ""), "\"ZUSD\":{\"balance\":\"1000000.0000\",\"hold_trade\":\"200\"");
  CHECK_HAS(spot(&c, "AmendOrder", "cl_ord_id=mine&order_qty=0.02&limit_price=21000"), "\"amend_id\":\"T");
  (void)snprintf(params, sizeof params, "txid=%s", id);
  CHECK_HAS(spot(&c, "QueryOrders", params), "\"price\":\"21000.00\"");
  (void)snprintf(params, sizeof params, "order_id=%s", id);
  CHECK_HAS(spot(&c, "OrderAmends", params), "\"limit_price\":\"21000.00\"");
  CHECK_STR(spot(&c, "CancelOrder", "cl_ord_id=mine"), "{\"error\":[],\"result\":{\"count\":1}}");
  CHECK_STR(spot(&c, "CancelOrder", "cl_ord_id=mine"), "{\"error\":[\"EOrder:Unknown order\"]}");
  CHECK_HAS(spot(&c, "ClosedOrders", "cl_ord_id=mine"), "\"reason\":\"User requested\"");
  advance(&c, 60000);
  CHECK_HAS(spot(&c, "AddOrder", LIMIT "&cl_ord_id=mine"), "\"txid\":[\"O"); /* the id is free again */
  CHECK_STR(spot(&c, "QueryOrders", "txid=OAAAAA-AAAAA-AAAAAA"), "{\"error\":[\"EOrder:Invalid order\"]}");
  client_close(&c);
}

TEST(post_only_orders_that_would_trade_are_taken_and_canceled) {
  client c;
  char params[64];
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrder", "pair=XBTUSD&type=sell&ordertype=limit&volume=0.01&price=20000&oflags=post&cl_ord_id=p");
  (void)snprintf(params, sizeof params, "txid=%s", member_of(c.body, "txid"));
  spot(&c, "QueryOrders", params);
  CHECK_HAS(c.body, "\"status\":\"canceled\"");
  CHECK_HAS(c.body, "\"reason\":\"Post only order\"");
  CHECK_HAS(c.body, "\"vol_exec\":\"0.00000\"");
  CHECK_HAS(spot(&c, "ClosedOrders", "cl_ord_id=p"), "\"count\":1");
  client_close(&c);
}

TEST(a_trade_moves_money_by_what_it_says) {
  client c;
  bourse_decimal price, cost, fee, before, after, sum;
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrder", "pair=XBTUSD&type=sell&ordertype=market&volume=0.001");
  spot(&c, "TradesHistory", "");
  CHECK_HAS(c.body, "\"count\":1");
  CHECK_HAS(c.body, "\"maker\":false");
  CHECK(sim_decimal(&price, member_of(c.body, "price")) && sim_decimal(&cost, member_of(c.body, "cost")) &&
        sim_decimal(&fee, member_of(c.body, "fee")));
  bourse_decimal amount = {1, 0, -3, BOURSE_DECIMAL_PRESENT}, rate = {4, 0, -3, BOURSE_DECIMAL_PRESENT};
  (void)bourse_decimal_mul(&sum, &price, &amount);
  CHECK_INT(bourse_decimal_compare(&sum, &cost), 0);
  (void)bourse_decimal_mul(&sum, &cost, &rate);
  CHECK_INT(bourse_decimal_compare(&sum, &fee), 0);
  CHECK(sim_decimal(&before, "1000000") && sim_decimal(&after, member_of(spot(&c, "Balance", ""), "ZUSD")));
  (void)bourse_decimal_add(&sum, &before, &cost);
  (void)bourse_decimal_sub(&sum, &sum, &fee);
  CHECK_INT(bourse_decimal_compare(&sum, &after), 0);
  CHECK_HAS(c.body, "\"XXBT\":\"9.9990000000\"");
  client_close(&c);
}

TEST(a_conditional_close_comes_to_life_with_the_fill) {
  client c;
  char id[32];
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrder",
       "pair=XBTUSD&type=buy&ordertype=market&volume=0.001&close%5Bordertype%5D=stop-loss&close%5Bprice%5D=20000");
  CHECK_HAS(c.body, "\"close\":\"close position @ stop loss 20000\"");
  (void)snprintf(id, sizeof id, "\"refid\":\"%s\"", member_of(c.body, "txid"));
  CHECK_HAS(spot(&c, "OpenOrders", ""), id);
  CHECK_HAS(c.body, "\"ordertype\":\"stop-loss\"");
  client_close(&c);
}

TEST(the_dead_mans_switch_cancels) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrder", LIMIT "&cl_ord_id=mine");
  CHECK_STR(
      spot(&c, "CancelAllOrdersAfter", "timeout=60"),
      "{\"error\":[],\"result\":{\"currentTime\":\"2023-11-14T22:13:20Z\",\"triggerTime\":\"2023-11-14T22:14:20Z\"}}");
  CHECK(sim_next_ns(c.s) <= CLIENT_START + INT64_C(60000000000));
  advance(&c, 59000);
  CHECK_HAS(spot(&c, "OpenOrders", ""), "\"mine\"");
  advance(&c, 1000);
  CHECK_HAS(spot(&c, "OpenOrders", ""), "{\"open\":{}}");
  CHECK_HAS(spot(&c, "ClosedOrders", ""), "\"reason\":\"Cancel all orders after timer\"");
  client_close(&c);
}

TEST(the_old_edit_makes_another_order) {
  client c;
  char id[32], params[96];
  kraken_open(&c, NULL, NULL, 0, 1);
  (void)snprintf(id, sizeof id, "%s", member_of(spot(&c, "AddOrder", LIMIT "&userref=5"), "txid"));
  (void)snprintf(params, sizeof params, "txid=%s&pair=XBTUSD&volume=0.02&price=21000", id);
  CHECK_HAS(spot(&c, "EditOrder", params),
            "\"orders_cancelled\":1,\"descr\":{\"order\":\"buy 0.02000 XBTUSD @ limit 21000\"}");
  CHECK(strcmp(member_of(c.body, "txid"), id) != 0);
  CHECK_STR(member_of(c.body, "originaltxid"), id);
  CHECK_HAS(spot(&c, "ClosedOrders", ""), id);
  CHECK_HAS(c.body, "\"reason\":\"Order replaced\"");
  CHECK_HAS(spot(&c, "OpenOrders", ""), "\"price\":\"21000\"");
  client_close(&c);
}

/* What is left goes when less than what is filled is wanted. */
TEST(amending_below_what_is_filled_ends_the_order) {
  client c;
  char params[160], ask[24];
  kraken_open(&c, NULL, NULL, 0, 1);
  const char *asks = strstr(client_get(&c, "/0/public/Depth?pair=XBTUSD&count=1"), "\"asks\":");
  (void)snprintf(ask, sizeof ask, "%s", asks == NULL ? "" : member_of(asks, "asks"));
  (void)snprintf(params, sizeof params, "pair=XBTUSD&type=buy&ordertype=limit&volume=5&price=%.*s&cl_ord_id=big",
                 (int)strcspn(ask + 1, "\"") + 1, ask);
  CHECK_HAS(spot(&c, "AddOrder", params), "\"error\":[],");
  CHECK_HAS(spot(&c, "OpenOrders", "cl_ord_id=big"), "\"status\":\"open\"");
  CHECK(strcmp(member_of(c.body, "vol_exec"), "0.00000") != 0);
  CHECK_HAS(spot(&c, "AmendOrder", "cl_ord_id=big&order_qty=0.00005"), "\"amend_id\"");
  CHECK_HAS(spot(&c, "ClosedOrders", "cl_ord_id=big"), "\"status\":\"canceled\"");
  client_close(&c);
}

/* An entry of the book names the trade that it is of. */
TEST(entries_of_the_book_name_their_trade) {
  client c;
  char id[32];
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrder", "pair=XBTUSD&type=sell&ordertype=market&volume=0.001");
  const char *trades = strstr(spot(&c, "TradesHistory", ""), "\"trades\":{\"");
  (void)snprintf(id, sizeof id, "\"refid\":\"%.19s\"", trades == NULL ? "" : trades + 11);
  const char *entries = spot(&c, "Ledgers", "type=trade");
  CHECK_HAS(entries, "\"count\":2");
  CHECK_HAS(entries, id);
  const char *first = strstr(entries, id);
  CHECK(first != NULL && strstr(first + 1, id) != NULL); /* what was paid, and what was received */
  client_close(&c);
}

TEST(batches) {
  static const char body[] =
      "pair=XBTUSD&orders[0][ordertype]=limit&orders[0][type]=buy&orders[0][volume]=0.01&orders[0][price]=20000"
      "&orders[1][ordertype]=limit&orders[1][type]=buy&orders[1][volume]=1000&orders[1][price]=20000";
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  spot(&c, "AddOrderBatch", body);
  CHECK_HAS(c.body, "{\"orders\":[{\"descr\":{\"order\":\"buy 0.01000 XBTUSD @ limit 20000\"},\"txid\":\"O");
  CHECK_HAS(c.body, "{\"error\":\"EOrder:Insufficient funds\"}]");
  CHECK_STR(spot(&c, "CancelAll", ""), "{\"error\":[],\"result\":{\"count\":1}}");
  client_close(&c);
}

/* --- Futures --- */

#define SEND  "/derivatives/api/v3/sendorder"
#define ORDER "symbol=PF_XBTUSD&side=buy&size=0.01"

TEST(futures_tell_refusals_by_the_status) {
  static const struct {
    const char *params, *answer;
  } rows[] = {
      {"orderType=lmt&" ORDER "&limitPrice=20000&cliOrdId=mine", "\"status\":\"placed\""},
      {"orderType=lmt&" ORDER "&limitPrice=20000&cliOrdId=mine", "\"status\":\"clientOrderIdAlreadyExist\""},
      {"orderType=post&" ORDER "&limitPrice=90000", "\"status\":\"postWouldExecute\""},
      {"orderType=ioc&" ORDER "&limitPrice=20000", "\"status\":\"iocWouldNotExecute\""},
      {"orderType=lmt&" ORDER "&limitPrice=20000.1", "\"status\":\"invalidPrice\""},
      {"orderType=lmt&symbol=PF_XBTUSD&side=buy&size=0.0001&limitPrice=20000", "\"status\":\"invalidSize\""},
      {"orderType=lmt&symbol=PF_XBTUSD&side=buy&size=900&limitPrice=20000",
       "\"status\":\"insufficientAvailableFunds\""},
      {"orderType=mkt&symbol=PF_XBTUSD&side=sell&size=0.01&reduceOnly=true", "\"status\":\"wouldNotReducePosition\""},
      {"orderType=xxx&" ORDER, "\"status\":\"invalidOrderType\""},
      {"orderType=lmt&" ORDER "&limitPrice=20000&processBefore=2023-11-14T22:13:00.000Z",
       "\"status\":\"wouldProcessAfterSpecifiedTime\""},
      {"orderType=lmt&symbol=PF_XBTUSD&side=buy&limitPrice=20000", "\"error\":\"requiredArgumentMissing\""},
      {"orderType=mkt&symbol=PF_NOSUCH&side=buy&size=1", "\"error\":\"contractNotFound\""},
  };
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    CHECK_HAS(futures(&c, "POST", SEND, rows[i].params), rows[i].answer);
    CHECK_INT(c.status, 200);
  }
  client_close(&c);
}

TEST(an_order_of_futures_and_what_remembers_it) {
  client c;
  char id[40], params[96];
  kraken_open(&c, NULL, NULL, 0, 1);
  futures(&c, "POST", SEND, "orderType=lmt&" ORDER "&limitPrice=20000&cliOrdId=mine");
  CHECK_HAS(c.body, "\"orderEvents\":[{\"type\":\"PLACE\",\"order\":{\"orderId\":\"");
  (void)snprintf(id, sizeof id, "%s", member_of(c.body, "order_id"));
  CHECK_HAS(futures(&c, "GET", "/derivatives/api/v3/openorders", ""), "\"unfilledSize\":0.01");
  CHECK_HAS(futures(&c, "POST", "/derivatives/api/v3/editorder", "cliOrdId=mine&size=0.02&qtyMode=ABSOLUTE"),
            "\"status\":\"edited\"");
  CHECK_HAS(c.body, "\"quantity\":0.02");
  CHECK_HAS(futures(&c, "POST", "/derivatives/api/v3/editorder", "cliOrdId=other&size=0.02"),
            "\"status\":\"orderForEditNotFound\"");
  (void)snprintf(params, sizeof params, "order_id=%s", id);
  CHECK_HAS(futures(&c, "POST", "/derivatives/api/v3/cancelorder", params), "\"status\":\"cancelled\"");
  CHECK_HAS(futures(&c, "POST", "/derivatives/api/v3/cancelorder", params), "\"status\":\"notFound\"");
  CHECK_HAS(futures(&c, "POST", "/derivatives/api/v3/orders/status", "cliOrdIds=mine"), "\"status\":\"CANCELLED\"");
  advance(&c, 6000);
  CHECK_HAS(futures(&c, "POST", "/derivatives/api/v3/orders/status", "cliOrdIds=mine"),
            "{\"orders\":[],"); /* forgotten */
  futures(&c, "GET", "/api/history/v3/orders", "");
  CHECK_HAS(c.body, "\"OrderPlaced\"");
  CHECK_HAS(c.body, "\"OrderUpdated\"");
  CHECK_HAS(c.body, "\"OrderCancelled\"");
  CHECK_HAS(c.body, id);
  CHECK_HAS(futures(&c, "POST", SEND, "orderType=lmt&" ORDER "&limitPrice=20000&cliOrdId=mine"),
            "clientOrderIdAlreadyExist");
  client_close(&c);
}

TEST(futures_positions_and_executions) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  futures(&c, "POST", SEND, "orderType=mkt&" ORDER);
  CHECK_HAS(c.body, "{\"type\":\"EXECUTION\",\"executionId\":\"");
  CHECK_HAS(futures(&c, "GET", "/derivatives/api/v3/openpositions", ""), "{\"side\":\"long\",\"symbol\":\"PF_XBTUSD\"");
  CHECK_HAS(futures(&c, "GET", "/derivatives/api/v3/fills", ""), "\"fillType\":\"taker\"");
  CHECK_HAS(futures(&c, "GET", "/api/history/v3/executions", ""), "\"orderData\":{\"fee\":\"");
  CHECK_HAS(
      futures(&c, "POST", SEND, "orderType=stp&symbol=PF_XBTUSD&side=sell&size=0.01&stopPrice=20000&reduceOnly=true"),
      "\"orderTrigger\":{\"uid\":\"");
  CHECK_HAS(futures(&c, "GET", "/api/history/v3/triggers", ""), "\"OrderTriggerPlaced\"");
  CHECK_HAS(futures(&c, "POST", "/derivatives/api/v3/cancelallorders", ""), "\"status\":\"cancelled\"");
  client_close(&c);
}

TEST(futures_count_tokens) {
  client c;
  kraken_open(&c, NULL, NULL, 0, 1);
  for (int32_t i = 0; i < 20; i++) futures(&c, "POST", "/derivatives/api/v3/cancelallorders", "");
  CHECK_INT(c.status, 200);
  CHECK_HAS(futures(&c, "GET", "/derivatives/api/v3/openorders", ""), "\"error\":\"apiLimitExceeded\"");
  CHECK_INT(c.status, 429);
  advance(&c, 10000);
  CHECK_HAS(futures(&c, "GET", "/derivatives/api/v3/openorders", ""), "\"result\":\"success\"");
  client_close(&c);
}

/* Every list that a key can ask for, by the key of another account. */
TEST(accounts_do_not_see_each_other) {
  static const sim_key keys[] = {{"main", "sim-key", SPOT_SECRET, NULL, 0, 0},
                                 {"main", "sim-futures-key", FUTURES_SECRET, NULL, 0, 0},
                                 {"other", "other-key", SPOT_SECRET, NULL, 0, 0},
                                 {"other", "other-futures", FUTURES_SECRET, NULL, 0, 0}};
  static const struct {
    const char *name, *answer;
  } lists[] = {{"OpenOrders", "{\"open\":{}}"},
               {"ClosedOrders", "{\"closed\":{},"},
               {"TradesHistory", "{\"trades\":{},"}},
    pasts[] = {{"/derivatives/api/v3/openorders", "\"openOrders\":[]"},
               {"/derivatives/api/v3/fills", "\"fills\":[]"},
               {"/derivatives/api/v3/openpositions", "\"openPositions\":[]"},
               {"/api/history/v3/orders", "\"elements\":[]"},
               {"/api/history/v3/executions", "\"elements\":[]"}};
  client c;
  char params[64];
  kraken_open(&c, NULL, keys, 4, 1);
  (void)snprintf(params, sizeof params, "txid=%s", member_of(spot(&c, "AddOrder", LIMIT "&cl_ord_id=mine"), "txid"));
  spot(&c, "AddOrder", "pair=XBTUSD&type=buy&ordertype=market&volume=0.001");
  futures(&c, "POST", SEND, "orderType=mkt&" ORDER);
  futures(&c, "POST", SEND, "orderType=lmt&" ORDER "&limitPrice=20000");
  kraken_spot_key = "other-key";
  kraken_futures_key = "other-futures";
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) CHECK_HAS(spot(&c, lists[i].name, ""), lists[i].answer);
  CHECK_STR(spot(&c, "CancelOrder", "cl_ord_id=mine"), "{\"error\":[\"EOrder:Unknown order\"]}");
  CHECK_STR(spot(&c, "QueryOrders", params), "{\"error\":[\"EOrder:Invalid order\"]}");
  CHECK_HAS(spot(&c, "Balance", ""), "\"ZUSD\":\"1000000.0000\"");
  for (size_t i = 0; i < sizeof pasts / sizeof pasts[0]; i++)
    CHECK_HAS(futures(&c, "GET", pasts[i].name, ""), pasts[i].answer);
  kraken_spot_key = "sim-key";
  kraken_futures_key = "sim-futures-key";
  client_close(&c);
}

TEST(faults_of_its_own) {
  client c;
  kraken_open(&c,
              "{\"faults\":[{\"fault\":\"engine_busy\",\"where\":\"AddOrder\",\"times\":1},"
              "{\"fault\":\"unknown_status\",\"where\":\"AddOrder\",\"nth\":2},"
              "{\"fault\":\"unknown_status\",\"where\":\"sendorder\",\"times\":1}]}",
              NULL, 0, 1);
  CHECK_STR(spot(&c, "AddOrder", LIMIT), "{\"error\":[\"EService:Busy\"]}");
  CHECK_HAS(spot(&c, "OpenOrders", ""), "{\"open\":{}}");
  CHECK_HAS(spot(&c, "AddOrder", LIMIT), "\"error\":[],");
  CHECK_STR(spot(&c, "AddOrder", LIMIT "&cl_ord_id=lost"), "{\"error\":[\"EService:Timeout\"]}");
  CHECK_HAS(spot(&c, "OpenOrders", ""), "\"cl_ord_id\":\"lost\""); /* and yet it is there */
  CHECK_HAS(futures(&c, "POST", SEND, "orderType=lmt&" ORDER "&limitPrice=20000"), "\"error\":\"unknownError\"");
  CHECK_HAS(futures(&c, "GET", "/derivatives/api/v3/openorders", ""), "\"limitPrice\":20000");
  client_close(&c);
}

TEST_MAIN()
