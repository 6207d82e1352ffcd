/* The Coinbase dialect, REST: whose tokens hold, budgets, the life of orders, what is refused and in which words. */
#include "coinbase.h"

#define LOW  "\"limit_limit_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"20000\"}"
#define HIGH "\"limit_limit_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"200000\"}"

/* --- Tokens --- */

/* One that Node's crypto signed, for a moment of its own. */
TEST(a_token_of_another_library_holds) {
  static const sim_key keys[] = {
      {"main", "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
       "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==", NULL, 0, 0}};
  static const char token[] =
      "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImFhYWFhYWFhLWJiYmItY2NjYy1kZGRkLWVlZWVlZWVlZWVlZSIsIm5vbmNlIjoiMDA"
      "xMTIyMzM0NDU1NjY3Nzg4OTlhYWJiY2NkZGVlZmYifQ.eyJzdWIiOiJhYWFhYWFhYS1iYmJiLWNjY2MtZGRkZC1lZWVlZWVlZWVlZWUiLCJpc3M"
      "iOiJjZHAiLCJuYmYiOjE3NjcyMjU2MDAsImV4cCI6MTc2NzIyNTcyMCwidXJpIjoiR0VUIGFwaS5jb2luYmFzZS5jb20vYXBpL3YzL2Jyb2tlcmF"
      "nZS9hY2NvdW50cyJ9.uL0tm9pB4S3NheKiUa0QPk9JqAQ8elAlea";
  static const char rest[] = "Pj8-ibFs5EVhl2qanAMCRB1lKpoq2YhDKL6S7RABB8z5DI8qDtDw";
  char whole[2048], text[600];
  sim_options options;
  client c;
  memset(&c, 0, sizeof c);
  memset(&options, 0, sizeof options);
  options.exchange = "coinbase";
  options.now_ns = INT64_C(1767225660) * 1000000000;
  options.keys = keys;
  options.key_count = 1;
  options.still = 1;
  CHECK_INT(sim_new(&c.s, &options, text, sizeof text), BOURSE_OK);
  c.connection = sim_connect(c.s, "10.0.0.1");
  (void)snprintf(whole, sizeof whole, "%s%s", token, rest);
  CHECK_HAS(coinbase_with(&c, whole, "GET", "/api/v3/brokerage/accounts?limit=250", ""), "\"currency\":\"BTC\"");
  CHECK_STR(coinbase_with(&c, whole, "GET", "/api/v3/brokerage/key_permissions", ""), "Unauthorized");
  advance(&c, 60001);
  CHECK_STR(coinbase_with(&c, whole, "GET", "/api/v3/brokerage/accounts", ""), "Unauthorized"); /* it is too old */
  client_close(&c);
}

TEST(only_tokens_that_hold_are_taken) {
  static const char uri[] = "GET api.coinbase.com/api/v3/brokerage/accounts";
  client c;
  char token[2048];
  coinbase_open(&c, NULL, 1);
  for (int32_t wrong = 0; wrong < 9; wrong++) {
    token_terms terms = coinbase_terms(&c, wrong % 2 == 0 ? "ed" : "ec", uri);
    if (wrong == 2) terms.subject = "ec";
    if (wrong == 3) terms.issuer = "another";
    if (wrong == 4) terms.nbf++; /* the future */
    if (wrong == 5) terms.exp = terms.nbf;
    if (wrong == 6) terms.exp++; /* longer than tokens live */
    if (wrong == 7) terms.uri = "POST api.coinbase.com/api/v3/brokerage/accounts";
    coinbase_token(token, &terms);
    if (wrong == 8) token[strlen(token) - 5] ^= 1;
    coinbase_with(&c, token, "GET", "/api/v3/brokerage/accounts", "");
    CHECK_INT(c.status, wrong < 2 ? 200 : 401);
    if (wrong >= 2) CHECK_STR(c.body, "Unauthorized");
  }
  token_terms terms = coinbase_terms(&c, "ec", uri);
  coinbase_token(token, &terms);
  char *header = strstr(token, "."), other[2048];
  token_terms named = coinbase_terms(&c, "ed", uri); /* the algorithm of one key, the signature of the other */
  coinbase_token(other, &named);
  (void)snprintf(strchr(other, '.'), 1000, "%s", header);
  coinbase_with(&c, other, "GET", "/api/v3/brokerage/accounts", "");
  CHECK_INT(c.status, 401);
  CHECK_STR(coinbase_with(&c, "x.y.z", "GET", "/api/v3/brokerage/accounts", ""), "Unauthorized");
  client_close(&c);
}

TEST(keys_have_scopes) {
  client c;
  coinbase_open(&c, NULL, 1);
  coinbase_key = "reader";
  CHECK_HAS(coinbase_get(&c, "/key_permissions"), "\"can_view\":true,\"can_trade\":false,\"can_transfer\":false");
  CHECK_HAS(coinbase_place(&c, "one", "BUY", LOW), "PERMISSION_DENIED");
  CHECK_INT(c.status, 403);
  CHECK_HAS(coinbase_full(&c, "POST", "/v2/accounts/BTC/transactions", "{}"), "{\"errors\":[{\"id\":\"invalid_scope\"");
  coinbase_key = "ed";
  CHECK_HAS(coinbase_get(&c, "/key_permissions"), "\"can_trade\":true,\"can_transfer\":true");
  client_close(&c);
}

/* --- Budgets --- */

TEST(requests_are_counted) {
  client c;
  coinbase_open(&c, NULL, 1);
  for (int32_t i = 0; i < 30; i++) CHECK_HAS(coinbase_get(&c, "/key_permissions"), "can_view");
  CHECK_HAS(coinbase_get(&c, "/key_permissions"), "{\"errors\":[{\"id\":\"rate_limit_exceeded\"");
  CHECK_INT(c.status, 429);
  CHECK_HAS(c.reply, "x-ratelimit-remaining: 0");
  advance(&c, 1000);
  CHECK_HAS(coinbase_get(&c, "/key_permissions"), "can_view");
  for (int32_t i = 0; i < 10; i++) CHECK_HAS(client_get(&c, "/api/v3/brokerage/time"), "epochMillis");
  CHECK_HAS(client_get(&c, "/api/v3/brokerage/time"), "rate_limit_exceeded");
  for (int32_t i = 0; i < 15; i++) CHECK_HAS(client_get(&c, "/time"), "epoch");
  CHECK_STR(client_get(&c, "/time"), "{\"message\":\"Public rate limit exceeded\"}");
  client_close(&c);
}

/* --- Public data --- */

TEST(products_as_they_are) {
  client c;
  coinbase_open(&c, NULL, 1);
  client_get(&c, "/api/v3/brokerage/market/products?product_type=SPOT");
  CHECK_HAS(c.body, "\"num_products\":6");
  CHECK_HAS(c.body, "\"base_increment\":\"0.00001\",\"quote_increment\":\"0.01\",\"quote_min_size\":\"1\"");
  client_get(&c, "/api/v3/brokerage/market/products?product_type=FUTURE");
  CHECK_HAS(c.body, "\"num_products\":2");
  CHECK_HAS(c.body, "\"price_increment\":\"5\"");
  CHECK_HAS(c.body, "\"contract_size\":\"0.01\",\"contract_root_unit\":\"BTC\"");
  CHECK_HAS(c.body, "\"funding_interval\":\"3600s\"");
  CHECK_HAS(client_get(&c, "/api/v3/brokerage/market/products?product_type=OPTIONS"),
            "{\"error\":\"unknown\",\"error_details\":\"parsing field \\\"product_type\\\": \\\"OPTIONS\\\" is not a "
            "valid value\"");
  CHECK_HAS(client_get(&c, "/api/v3/brokerage/market/products/NO-SUCH"), "valid product_id is required");
  CHECK_INT(c.status, 404);
  CHECK_HAS(client_get(&c, "/api/v3/brokerage/market/product_book?product_id=BTC-USD&limit=2"),
            "\"bids\":[{\"price\":\"");
  CHECK_HAS(client_get(&c, "/api/v3/brokerage/market/products/BTC-USD/ticker?limit=2"), "\"exchange\":\"coinbase\"");
  client_get(
      &c, "/api/v3/brokerage/market/products/BTC-USD/candles?start=1699990000&end=1700000000&granularity=ONE_MINUTE");
  CHECK_HAS(c.body, "{\"candles\":[{\"start\":\"1699999980\",\"low\":\"");
  CHECK_HAS(
      client_get(&c, "/api/v3/brokerage/market/products/BTC-USD/candles?start=1&end=999999&granularity=ONE_MINUTE"),
      "should be less than 350");
  CHECK_HAS(client_get(&c, "/products/BTC-USD/book?level=2"), "\"sequence\":");
  CHECK_STR(client_get(&c, "/products/BIP-20DEC30-CDE"), "{\"message\":\"NotFound\"}");
  client_close(&c);
}

/* --- Orders --- */

TEST(an_order_and_its_life) {
  client c;
  char id[128], target[256], body[300];
  coinbase_open(&c, NULL, 1);
  CHECK_HAS(coinbase_place(&c, "mine", "BUY", LOW), "{\"success\":true,\"success_response\":{\"order_id\":\"");
  CHECK_HAS(c.body, "\"order_configuration\":{\"limit_limit_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"20000\"");
  (void)snprintf(id, sizeof id, "%s", member_of(c.body, "order_id"));
  (void)snprintf(target, sizeof target, "/orders/historical/%s", id);
  coinbase_get(&c, target);
  CHECK_HAS(c.body, "\"client_order_id\":\"mine\",\"status\":\"OPEN\",\"time_in_force\":\"GOOD_UNTIL_CANCELLED\"");
  CHECK_HAS(c.body, "\"outstanding_hold_amount\":\"202.4\""); /* 200 and 1.2 percent */
  CHECK_HAS(coinbase_get(&c, "/accounts?limit=250"), "\"hold\":{\"value\":\"202.4\",\"currency\":\"USD\"}");
  coinbase_place(&c, "mine", "BUY", HIGH); /* the id again: it is that order, and no other is made */
  CHECK_STR(member_of(c.body, "order_id"), id);
  CHECK_HAS(c.body, "\"limit_price\":\"20000\"");
  (void)snprintf(body, sizeof body, "{\"order_id\":\"%s\",\"price\":\"21000\",\"size\":\"0.02\"}", id);
  CHECK_STR(coinbase_post(&c, "/orders/edit", body), "{\"success\":true,\"errors\":[]}");
  CHECK_HAS(coinbase_post(&c, "/orders/edit", body), "EDIT_REQUEST_EQUAL_TO_ORIGINAL_REQUEST");
  CHECK_HAS(coinbase_get(&c, target), "\"edit_history\":[{\"price\":\"21000\",\"size\":\"0.02\"");
  (void)snprintf(body, sizeof body, "{\"order_ids\":[\"%s\",\"nothing\"]}", id);
  coinbase_post(&c, "/orders/batch_cancel", body);
  CHECK_HAS(c.body, "{\"results\":[{\"success\":true,\"failure_reason\":\"UNKNOWN_CANCEL_FAILURE_REASON\"");
  CHECK_HAS(c.body, "{\"success\":false,\"failure_reason\":\"UNKNOWN_CANCEL_ORDER\",\"order_id\":\"nothing\"}");
  CHECK_HAS(coinbase_get(&c, target), "\"status\":\"CANCELLED\"");
  CHECK_HAS(c.body, "\"cancel_message\":\"User requested cancel\"");
  CHECK_HAS(coinbase_get(&c, "/orders/historical/batch?order_status=OPEN"), "{\"orders\":[],");
  coinbase_key = "other"; /* what another account must not see */
  CHECK_HAS(coinbase_get(&c, target), "was not found");
  CHECK_INT(c.status, 404);
  CHECK_HAS(coinbase_post(&c, "/orders/batch_cancel", body), "UNKNOWN_CANCEL_ORDER");
  coinbase_key = "ed";
  client_close(&c);
}

TEST(fills_pay_their_fees_in_dollars) {
  client c;
  coinbase_open(&c, NULL, 1);
  CHECK_HAS(coinbase_place(&c, "a", "BUY", "\"market_market_ioc\":{\"base_size\":\"0.01\"}"), "\"success\":true");
  CHECK_HAS(coinbase_get(&c, "/orders/historical/batch?product_ids=BTC-USD"), "\"status\":\"FILLED\"");
  double value = strtod(member_of(c.body, "filled_value"), NULL), fees = strtod(member_of(c.body, "total_fees"), NULL);
  CHECK(value > 100 && fees / value > 0.01199 && fees / value < 0.01201);
  CHECK_HAS(coinbase_get(&c, "/accounts?limit=250"),
            "\"available_balance\":{\"value\":\"10.01\",\"currency\":\"BTC\"}");
  CHECK_HAS(coinbase_get(&c, "/orders/historical/fills?product_id=BTC-USD"), "\"liquidity_indicator\":\"TAKER\"");
  CHECK_STR(coinbase_get(&c, "/orders/historical/fills?product_id=ETH-USD"), "{\"fills\":[],\"cursor\":\"\"}");
  coinbase_place(&c, "b", "BUY", "\"market_market_ioc\":{\"quote_size\":\"100\"}");
  coinbase_get(&c, "/orders/historical/batch?limit=1");
  CHECK_HAS(c.body, "\"size_in_quote\":true");
  double all = strtod(member_of(c.body, "total_value_after_fees"), NULL);
  CHECK(all <= 100 && all > 99);
  CHECK_HAS(c.body, "\"has_next\":true,\"cursor\":\"1\"");
  CHECK_HAS(coinbase_get(&c, "/orders/historical/batch?limit=1&cursor=1"), "\"client_order_id\":\"a\"");
  client_close(&c);
}

TEST(what_ends_at_once_was_an_order) {
  client c;
  coinbase_open(&c, NULL, 1);
  for (int32_t i = 0; i < 2; i++) {
    const char *how = i == 0 ? "\"limit_limit_fok\":{\"base_size\":\"0.01\",\"limit_price\":\"20000\"}"
                             : "\"sor_limit_ioc\":{\"base_size\":\"0.01\",\"limit_price\":\"20000\"}";
    CHECK_HAS(coinbase_place(&c, i == 0 ? "fok" : "ioc", "BUY", how), "\"success\":true");
    CHECK_HAS(coinbase_get(&c, "/orders/historical/batch?limit=1"), "\"status\":\"CANCELLED\"");
    CHECK_HAS(c.body, i == 0 ? "FILL_OR_KILL" : "IMMEDIATE_OR_CANCEL");
  }
  client_close(&c);
}

TEST(refusals_in_their_words) {
  static const struct {
    const char *side, *configuration, *words;
  } rows[] = {
      {"BUY", "\"limit_limit_gtc\":{\"base_size\":\"1000\",\"limit_price\":\"20000\"}", "PREVIEW_INSUFFICIENT_FUND\""},
      {"BUY", "\"limit_limit_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"20000.001\"}",
       "\"INVALID_PRICE_PRECISION\""},
      {"BUY", "\"limit_limit_gtc\":{\"base_size\":\"0.000001\",\"limit_price\":\"20000\"}",
       "\"INVALID_SIZE_PRECISION\""},
      {"BUY", "\"limit_limit_gtc\":{\"base_size\":\"0.00001\",\"limit_price\":\"20000\"}", "QUOTE_SIZE_TOO_SMALL"},
      {"BUY", "\"limit_limit_gtc\":{\"base_size\":\"9000\",\"limit_price\":\"1\"}", "BASE_SIZE_TOO_LARGE"},
      {"BUY", "\"limit_limit_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"200000\",\"post_only\":true}",
       "\"INVALID_LIMIT_PRICE_POST_ONLY\""},
      {"BUY", "\"limit_limit_gtc\":{\"base_size\":\"0.01\"}", "INVALID_LIMIT_PRICE"},
      {"SELL", "\"market_market_ioc\":{\"quote_size\":\"100\"}", "UNSUPPORTED_ORDER_CONFIGURATION"},
      {"SELL", "\"twap_limit_gtd\":{\"base_size\":\"1\"}", "UNSUPPORTED_ORDER_CONFIGURATION"},
      {"BUY", "\"market_market_fok\":{\"base_size\":\"0.01\"}", "FOK_DISABLED"},
      {"UP", LOW, "INVALID_SIDE"},
      {"SELL",
       "\"stop_limit_stop_limit_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"1000\",\"stop_price\":\"900000\","
       "\"stop_direction\":\"STOP_DIRECTION_STOP_DOWN\"}",
       "PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE"},
      {"BUY",
       "\"limit_limit_gtd\":{\"base_size\":\"0.01\",\"limit_price\":\"2000\",\"end_time\":\"2001-01-01T00:00:00Z\"}",
       "end_time"},
  };
  client c;
  coinbase_open(&c, NULL, 1);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    coinbase_place(&c, "again", rows[i].side, rows[i].configuration);
    CHECK_INT(c.status, 200);
    CHECK_HAS(c.body, "{\"success\":false,\"error_response\":{\"error\":\"");
    CHECK_HAS(c.body, rows[i].words);
  }
  CHECK_HAS(coinbase_get(&c, "/orders/historical/batch"), "{\"orders\":[],"); /* none of them is an order */
  CHECK_HAS(coinbase_post(&c, "/orders", "{\"product_id\":\"BTC-USD\"}"), "client_order_id is required");
  CHECK_HAS(coinbase_post(&c, "/orders", "{"), "INVALID_ARGUMENT");
  CHECK_INT(c.status, 400);
  CHECK_HAS(coinbase_get(&c, "/orders/historical/batch?order_status=OPEN&order_status=FILLED"), "cannot query OPEN");
  client_close(&c);
}

TEST(stops_fire_in_their_direction) {
  client c;
  coinbase_open(&c, NULL, 1);
  CHECK_HAS(coinbase_place(&c, "stop", "SELL",
                           "\"stop_limit_stop_limit_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"1000\","
                           "\"stop_price\":\"2000\",\"stop_direction\":\"STOP_DIRECTION_STOP_DOWN\"}"),
            "\"success\":true");
  coinbase_get(&c, "/orders/historical/batch?order_status=OPEN");
  CHECK_HAS(c.body, "\"trigger_status\":\"STOP_PENDING\",\"order_type\":\"STOP_LIMIT\"");
  CHECK_HAS(c.body, "\"stop_price\":\"2000\",\"stop_direction\":\"STOP_DIRECTION_STOP_DOWN\"");
  client_close(&c);
}

TEST(a_bracket_is_one_order) {
  client c;
  char body[200], id[128];
  coinbase_open(&c, NULL, 1);
  coinbase_place(
      &c, "bracket", "SELL",
      "\"trigger_bracket_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"900000\",\"stop_trigger_price\":\"2000\"}");
  CHECK_HAS(c.body, "\"success\":true");
  (void)snprintf(id, sizeof id, "%s", member_of(c.body, "order_id"));
  coinbase_get(&c, "/orders/historical/batch");
  CHECK_HAS(
      c.body,
      "\"trigger_bracket_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"900000\",\"stop_trigger_price\":\"2000\"}");
  CHECK(strstr(strstr(c.body, "order_id") + 10, "\"order_id\"") == NULL); /* one */
  (void)snprintf(body, sizeof body, "{\"order_ids\":[\"%s\"]}", id);
  CHECK_HAS(coinbase_post(&c, "/orders/batch_cancel", body), "\"success\":true");
  CHECK_HAS(coinbase_get(&c, "/orders/historical/batch"), "\"status\":\"CANCELLED\"");
  CHECK_HAS(coinbase_get(&c, "/accounts?limit=250"), "\"hold\":{\"value\":\"0\",\"currency\":\"BTC\"}");
  client_close(&c);
}

TEST(an_attached_bracket_comes_alive_with_its_order) {
  client c;
  char child[128], target[200];
  coinbase_open(&c, NULL, 1);
  coinbase_post(&c, "/orders",
                "{\"client_order_id\":\"p\",\"product_id\":\"BTC-USD\",\"side\":\"BUY\",\"order_configuration\":{"
                "\"limit_limit_gtc\":{\"base_size\":\"0.01\",\"limit_price\":\"200000\"}},"
                "\"attached_order_configuration\":{\"trigger_bracket_gtc\":{\"limit_price\":\"900000\","
                "\"stop_trigger_price\":\"2000\"}}}");
  CHECK_HAS(c.body, "\"success\":true");
  (void)snprintf(child, sizeof child, "%s", member_of(c.body, "attached_order_id"));
  (void)snprintf(target, sizeof target, "/orders/historical/%s", child);
  coinbase_get(&c, target);
  CHECK_HAS(c.body, "\"status\":\"OPEN\"");
  CHECK_HAS(c.body, "\"order_type\":\"BRACKET\"");
  CHECK_HAS(c.body, "\"side\":\"SELL\"");
  client_close(&c);
}

/* --- Futures and money --- */

TEST(futures_are_traded_in_contracts) {
  client c;
  coinbase_open(&c, NULL, 1);
  coinbase_post(
      &c, "/orders",
      "{\"client_order_id\":\"f\",\"product_id\":\"BIP-20DEC30-CDE\",\"side\":\"BUY\",\"order_configuration\":{"
      "\"market_market_ioc\":{\"base_size\":\"3\"}}}");
  CHECK_HAS(c.body, "\"success\":true");
  CHECK_HAS(coinbase_get(&c, "/cfm/positions"), "\"side\":\"LONG\",\"number_of_contracts\":\"3\"");
  CHECK_HAS(coinbase_get(&c, "/orders/historical/fills"), "\"size\":\"3\"");
  CHECK_HAS(coinbase_get(&c, "/cfm/balance_summary"), "\"cfm_usd_balance\":{\"value\":\"99");
  coinbase_post(
      &c, "/orders",
      "{\"client_order_id\":\"g\",\"product_id\":\"BIP-20DEC30-CDE\",\"side\":\"BUY\",\"order_configuration\":{"
      "\"market_market_ioc\":{\"base_size\":\"1.5\"}}}");
  CHECK_HAS(c.body, "INVALID_SIZE_PRECISION");
  coinbase_post(&c, "/orders/close_position",
                "{\"client_order_id\":\"h\",\"product_id\":\"BIP-20DEC30-CDE\",\"size\":\"1\"}");
  CHECK_HAS(c.body, "\"side\":\"SELL\"");
  CHECK_HAS(coinbase_get(&c, "/cfm/positions/BIP-20DEC30-CDE"), "\"number_of_contracts\":\"2\"");
  coinbase_post(&c, "/cfm/sweeps/schedule", "{\"usd_amount\":\"1000\"}");
  CHECK_HAS(coinbase_get(&c, "/cfm/sweeps"), "\"status\":\"PENDING\"");
  advance(&c, 3600 * 1000 + 1);
  CHECK_STR(coinbase_get(&c, "/cfm/sweeps"), "{\"sweeps\":[]}");
  CHECK_HAS(coinbase_get(&c, "/cfm/balance_summary"), "\"cbi_usd_balance\":{\"value\":\"1001000\"");
  client_close(&c);
}

TEST(money_moves) {
  client c;
  char body[400], mine[128];
  static const char send[] =
      "{\"type\":\"send\",\"to\":\"bc1there\",\"amount\":\"0.5\",\"currency\":\"BTC\",\"idem\":\"i-1\"}";
  coinbase_open(&c, NULL, 1);
  coinbase_full(&c, "POST", "/v2/accounts/BTC/transactions", send);
  CHECK_INT(c.status, 201);
  CHECK_HAS(c.body, "\"amount\":{\"amount\":\"-0.5\",\"currency\":\"BTC\"}");
  coinbase_full(&c, "POST", "/v2/accounts/BTC/transactions", send); /* once, whoever says it twice */
  CHECK_HAS(coinbase_get(&c, "/accounts?limit=250"), "\"available_balance\":{\"value\":\"9.5\",\"currency\":\"BTC\"}");
  CHECK_HAS(coinbase_full(&c, "GET", "/v2/accounts/BTC/transactions", ""), "\"address\":\"bc1there\"");
  CHECK_HAS(coinbase_full(&c, "GET", "/v2/accounts/NONE/transactions", ""), "{\"errors\":[{\"id\":\"not_found\"");
  (void)snprintf(mine, sizeof mine, "%s", member_of(coinbase_get(&c, "/portfolios"), "uuid"));
  const char *other = strstr(c.body, "\"name\":\"other\"");
  CHECK(other != NULL);
  (void)snprintf(body, sizeof body,
                 "{\"funds\":{\"value\":\"250\",\"currency\":\"USD\"},\"source_portfolio_uuid\":\"%s\","
                 "\"target_portfolio_uuid\":\"%s\"}",
                 mine, member_of(other, "uuid"));
  CHECK_HAS(coinbase_post(&c, "/portfolios/move_funds", body), "target_portfolio_uuid");
  CHECK_INT(c.status, 200);
  coinbase_key = "other";
  CHECK_HAS(coinbase_get(&c, "/accounts?limit=250"),
            "\"available_balance\":{\"value\":\"1000250\",\"currency\":\"USD\"}");
  coinbase_key = "ed";
  client_close(&c);
}

/* --- What goes wrong --- */

TEST(faults_are_the_exchanges) {
  client c;
  coinbase_open(&c,
                "[{\"fault\":\"engine_busy\",\"nth\":1},{\"fault\":\"unknown_status\",\"nth\":1},"
                "{\"fault\":\"maintenance\",\"from_ms\":5000}]",
                1);
  CHECK_HAS(coinbase_place(&c, "busy", "BUY", LOW), "upstream connect error");
  CHECK_INT(c.status, 503);
  CHECK_HAS(coinbase_place(&c, "lost", "BUY", LOW), "upstream request timeout");
  CHECK_INT(c.status, 504);
  coinbase_get(&c, "/orders/historical/batch");
  CHECK_HAS(c.body, "\"client_order_id\":\"lost\"");
  CHECK(strstr(c.body, "\"busy\"") == NULL);
  advance(&c, 6000);
  CHECK_HAS(coinbase_place(&c, "late", "BUY", LOW), "ORDER_ENTRY_DISABLED");
  CHECK_HAS(client_get(&c, "/api/v3/brokerage/market/products/BTC-USD"), "\"cancel_only\":true");
  client_close(&c);
}

TEST_MAIN()
