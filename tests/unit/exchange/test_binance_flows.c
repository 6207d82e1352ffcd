/* test_binance_flows.c - operations that take several requests, and what is made of refusals. */
#include "binance_stage.h"

#define BTC_USDT "BTC/USDT"
#define BTC_PERP "BTC/USDT:USDT"

static bourse_result *execute(stage *s, const bourse_request *request, int32_t expected) {
  bourse_result *result = NULL;
  CHECK_INT(bourse_execute(&result, s->exchange, request), expected);
  return result;
}

/* --- Several orders --- */

static bourse_request orders_request(int32_t operation, const bourse_order_request *const *orders, uint32_t count) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  request.orders = orders;
  request.order_count = count;
  return request;
}

TEST(spot_orders_go_one_by_one_and_a_refused_one_is_told_in_its_record) {
  static const answer answers[] = {
      {200, "{\"symbol\":\"BTCUSDT\",\"orderId\":1,\"clientOrderId\":\"a\",\"status\":\"NEW\"}", NULL, NULL},
      {400, "{\"code\":-2010,\"msg\":\"Account has insufficient balance for requested action.\"}", NULL, NULL},
      {200, "{\"symbol\":\"BTCUSDT\",\"orderId\":3,\"clientOrderId\":\"c\",\"status\":\"NEW\"}", NULL, NULL}};
  bourse_order_request a = limit_order(BTC_USDT, BOURSE_SIDE_BUY, "0.01", "25000", "a"), b = a, c = a;
  const bourse_order_request *const orders[] = {&a, &b, &c};
  bourse_request request = orders_request(BOURSE_OP_CREATE_ORDERS, orders, 3);
  stage s;
  b.client_order_id = "b";
  c.client_order_id = "c";
  STAGE_OPEN(&s, answers);
  bourse_result *result = execute(&s, &request, BOURSE_OK);
  CHECK_INT(s.sent_count, 3);
  CHECK_SENT(&s, 1, "POST https://api.binance.com/api/v3/order", "newClientOrderId=b");
  CHECK_INT(bourse_result_count(result), 3);
  CHECK_STR(bourse_result_order(result, 0)->id, "1");
  CHECK_INT(bourse_result_order(result, 1)->error, BOURSE_ERROR_INSUFFICIENT_FUNDS);
  CHECK_INT(bourse_result_order(result, 1)->outcome, BOURSE_OUTCOME_REJECTED);
  CHECK_STR(bourse_result_order(result, 1)->client_order_id, "b");
  CHECK_STR(bourse_result_order(result, 1)->error_code, "-2010");
  CHECK_STR(bourse_result_order(result, 2)->id, "3");
  bourse_result_free(result);
  stage_close(&s);
}

TEST(after_a_refusal_of_all_the_rest_is_not_sent) {
  static const answer answers[] = {
      {200, "{\"symbol\":\"BTCUSDT\",\"orderId\":1,\"clientOrderId\":\"a\",\"status\":\"NEW\"}", NULL, NULL},
      {401, "{\"code\":-2015,\"msg\":\"Invalid API-key, IP, or permissions for action.\"}", NULL, NULL}};
  bourse_order_request a = limit_order(BTC_USDT, BOURSE_SIDE_BUY, "0.01", "25000", "a"), b = a, c = a;
  const bourse_order_request *const orders[] = {&a, &b, &c};
  bourse_request request = orders_request(BOURSE_OP_CREATE_ORDERS, orders, 3);
  stage s;
  b.client_order_id = "b";
  c.client_order_id = "c";
  STAGE_OPEN(&s, answers);
  bourse_result *result = execute(&s, &request, BOURSE_OK);
  CHECK_INT(s.sent_count, 2);
  CHECK_INT(bourse_result_count(result), 3);
  CHECK_INT(bourse_result_order(result, 1)->error, BOURSE_ERROR_AUTH);
  CHECK_INT(bourse_result_order(result, 1)->outcome, BOURSE_OUTCOME_REJECTED);
  CHECK_INT(bourse_result_order(result, 2)->error, BOURSE_ERROR_AUTH);
  CHECK_INT(bourse_result_order(result, 2)->outcome, BOURSE_OUTCOME_NOT_SENT);
  CHECK_STR(bourse_result_order(result, 2)->client_order_id, "c");
  bourse_result_free(result);
  stage_close(&s);
}

/* Items of a batch: NEW, named by its place. */
#define ITEM(id_) "{\"symbol\":\"BTCUSDT\",\"orderId\":" id_ ",\"status\":\"NEW\"}"

TEST(futures_orders_go_by_fives_and_conditional_ones_alone) {
  static const answer answers[] = {
      {200,
       "[" ITEM("1") "," ITEM("2") ",{\"code\":-5022,\"msg\":\"Post Only order will be rejected.\"}," ITEM(
           "4") "," ITEM("5") "]",
       NULL, NULL},
      {200, "[" ITEM("6") "]", NULL, NULL},
      {200, "{\"algoId\":7,\"clientAlgoId\":\"o6\",\"algoStatus\":\"NEW\",\"symbol\":\"BTCUSDT\"}", NULL, NULL}};
  bourse_order_request items[7];
  const bourse_order_request *orders[7];
  char names[7][4];
  for (int i = 0; i < 7; i++) {
    snprintf(names[i], sizeof names[i], "o%d", i);
    items[i] = limit_order(BTC_PERP, BOURSE_SIDE_BUY, "0.01", "25000", names[i]);
    orders[i] = &items[i];
  }
  items[6].stop_loss_price = decimal("26000");
  bourse_request request = orders_request(BOURSE_OP_CREATE_ORDERS, orders, 7);
  stage s;
  STAGE_OPEN(&s, answers);
  bourse_result *result = execute(&s, &request, BOURSE_OK);
  CHECK_INT(s.sent_count, 3);
  CHECK_SENT(&s, 0, "POST https://fapi.binance.com/fapi/v1/batchOrders", "batchOrders=%5B%7B%22symbol%22", "o4");
  CHECK(strstr(s.sent[0].line, "o5") == NULL);
  CHECK_SENT(&s, 1, "POST https://fapi.binance.com/fapi/v1/batchOrders", "o5");
  CHECK_SENT(&s, 2, "POST https://fapi.binance.com/fapi/v1/algoOrder", "clientAlgoId=o6", "triggerPrice=26000");
  CHECK_INT(bourse_result_count(result), 7);
  CHECK_INT(bourse_result_order(result, 2)->error, BOURSE_ERROR_POST_ONLY);
  CHECK_STR(bourse_result_order(result, 2)->client_order_id, "o2");
  CHECK_STR(bourse_result_order(result, 5)->id, "6");
  CHECK_STR(bourse_result_order(result, 6)->id, "algo:7");
  CHECK_INT(bourse_result_order(result, 6)->status, BOURSE_ORDER_UNTRIGGERED);
  bourse_result_free(result);
  stage_close(&s);
}

TEST(a_batch_answered_in_part_leaves_the_fate_open) {
  static const answer answers[] = {{200, "[" ITEM("1") "]", NULL, NULL}};
  bourse_order_request a = limit_order(BTC_PERP, BOURSE_SIDE_BUY, "0.01", "25000", "a"), b = a;
  const bourse_order_request *const orders[] = {&a, &b};
  bourse_request request = orders_request(BOURSE_OP_CREATE_ORDERS, orders, 2);
  stage s;
  b.client_order_id = "b";
  STAGE_OPEN(&s, answers);
  execute(&s, &request, BOURSE_ERROR_BAD_REPLY);
  CHECK_INT(bourse_context_error(s.context)->outcome, BOURSE_OUTCOME_UNKNOWN);
  stage_close(&s);
}

TEST(an_order_without_id_in_the_answer_leaves_its_fate_open) {
  static const answer answers[] = {
      {200, "{}", NULL, NULL}, {200, "[]", NULL, NULL}, {200, "{\"orderId\":", NULL, NULL}};
  bourse_order_request a = limit_order(BTC_USDT, BOURSE_SIDE_BUY, "0.01", "25000", "a");
  const bourse_order_request *const orders[] = {&a};
  bourse_request request = orders_request(BOURSE_OP_CREATE_ORDER, orders, 1);
  stage s;
  STAGE_OPEN(&s, answers);
  for (int i = 0; i < 3; i++) {
    a.client_order_id = i == 0 ? "a" : i == 1 ? "b" : "c"; /* one of unknown fate is not taken again */
    execute(&s, &request, BOURSE_ERROR_BAD_REPLY);
    CHECK_INT(bourse_context_error(s.context)->outcome, BOURSE_OUTCOME_UNKNOWN);
    CHECK_STR(bourse_context_error(s.context)->client_order_id, a.client_order_id);
  }
  stage_close(&s);
}

TEST(a_replacement_half_done_says_so) {
  static const answer answers[] = {
      {409,
       "{\"code\":-2021,\"msg\":\"Order cancel-replace partially failed.\",\"data\":{\"cancelResult\":\"SUCCESS\","
       "\"newOrderResult\":\"FAILURE\",\"cancelResponse\":{\"symbol\":\"BTCUSDT\",\"orderId\":1},"
       "\"newOrderResponse\":{\"code\":-2010,\"msg\":\"Account has insufficient balance for requested action.\"}}}",
       NULL, NULL},
      {400,
       "{\"code\":-2022,\"msg\":\"Order cancel-replace failed.\",\"data\":{\"cancelResult\":\"FAILURE\","
       "\"newOrderResult\":\"NOT_ATTEMPTED\",\"cancelResponse\":{\"code\":-2011,\"msg\":\"Unknown order sent.\"},"
       "\"newOrderResponse\":null}}",
       NULL, NULL}};
  bourse_order_request order = limit_order(BTC_USDT, BOURSE_SIDE_BUY, "0.01", "25000", "new");
  const bourse_order_request *const orders[] = {&order};
  bourse_request request = orders_request(BOURSE_OP_EDIT_ORDER, orders, 1);
  stage s;
  request.order_id = "1";
  STAGE_OPEN(&s, answers);
  execute(&s, &request, BOURSE_ERROR_INSUFFICIENT_FUNDS);
  CHECK_INT(bourse_context_error(s.context)->outcome, BOURSE_OUTCOME_EXECUTED);
  CHECK(strstr(bourse_context_error(s.context)->exchange_message, "old order was canceled") != NULL);
  execute(&s, &request, BOURSE_ERROR_ORDER_NOT_FOUND);
  CHECK_INT(bourse_context_error(s.context)->outcome, BOURSE_OUTCOME_REJECTED);
  stage_close(&s);
}

/* --- Engine and algo orders --- */

static bourse_request perp_request(int32_t operation) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  request.symbol = BTC_PERP;
  return request;
}

TEST(lists_of_futures_orders_hold_both_kinds) {
  static const answer answers[] = {
      {200, "[" ITEM("1") "]", NULL, NULL},
      {200, "[{\"algoId\":2,\"algoStatus\":\"NEW\",\"symbol\":\"BTCUSDT\",\"orderType\":\"STOP_MARKET\"}]", NULL,
       NULL}};
  bourse_request request = perp_request(BOURSE_OP_FETCH_OPEN_ORDERS);
  stage s;
  STAGE_OPEN(&s, answers);
  bourse_result *result = execute(&s, &request, BOURSE_OK);
  CHECK_SENT(&s, 0, "GET https://fapi.binance.com/fapi/v1/openOrders", "symbol=BTCUSDT");
  CHECK_SENT(&s, 1, "GET https://fapi.binance.com/fapi/v1/openAlgoOrders", "symbol=BTCUSDT");
  CHECK_INT(bourse_result_count(result), 2);
  CHECK_STR(bourse_result_order(result, 1)->id, "algo:2");
  bourse_result_free(result);
  stage_close(&s);
}

TEST(who_wants_one_kind_asks_once) {
  static const answer answers[] = {{200, "[]", NULL, NULL}, {200, "[]", NULL, NULL}};
  bourse_request request = perp_request(BOURSE_OP_FETCH_OPEN_ORDERS);
  stage s;
  STAGE_OPEN(&s, answers);
  request.trigger = BOURSE_YES;
  bourse_result_free(execute(&s, &request, BOURSE_OK));
  request.trigger = BOURSE_NO;
  bourse_result_free(execute(&s, &request, BOURSE_OK));
  CHECK_INT(s.sent_count, 2);
  CHECK_SENT(&s, 0, "GET https://fapi.binance.com/fapi/v1/openAlgoOrders", "symbol=BTCUSDT");
  CHECK_SENT(&s, 1, "GET https://fapi.binance.com/fapi/v1/openOrders", "symbol=BTCUSDT");
  stage_close(&s);
}

TEST(prefix_of_an_id_tells_who_keeps_the_order) {
  static const answer answers[] = {{200, "{\"algoId\":9,\"algoStatus\":\"NEW\",\"symbol\":\"BTCUSDT\"}", NULL, NULL},
                                   {200, ITEM("9"), NULL, NULL}};
  bourse_request request = perp_request(BOURSE_OP_FETCH_ORDER);
  stage s;
  STAGE_OPEN(&s, answers);
  request.order_id = "algo:9";
  bourse_result_free(execute(&s, &request, BOURSE_OK));
  request.order_id = "9";
  bourse_result_free(execute(&s, &request, BOURSE_OK));
  CHECK_SENT(&s, 0, "GET https://fapi.binance.com/fapi/v1/algoOrder", "algoId=9&");
  CHECK_SENT(&s, 1, "GET https://fapi.binance.com/fapi/v1/order", "orderId=9&");
  stage_close(&s);
}

#define FULL_PAGE 1000
#define FIRST_MS  INT64_C(1699999000000)

/* A full page of engine orders, a millisecond apart. */
static char *engine_page(void) {
  size_t size = FULL_PAGE * 100;
  char *text = malloc(size), *at = text;
  for (int i = 0; i < FULL_PAGE; i++)
    at += snprintf(at, size - (size_t)(at - text),
                   "%s{\"symbol\":\"BTCUSDT\",\"orderId\":%d,\"status\":\"FILLED\",\"time\":%lld}", i == 0 ? "[" : ",",
                   i, (long long)(FIRST_MS + i));
  snprintf(at, size - (size_t)(at - text), "]");
  return text;
}

/* The engine's page ends before the conditional order was made, so that one belongs to the next page: else orders of
 * the engine between the two would be passed over. */
TEST(pages_of_two_lists_reach_equally_far) {
  static const char algo[] =
      "[{\"symbol\":\"BTCUSDT\",\"algoId\":8,\"algoStatus\":\"CANCELED\",\"createTime\":1699999001500}]";
  static const char between[] =
      "[{\"symbol\":\"BTCUSDT\",\"orderId\":5000,\"status\":\"FILLED\",\"time\":1699999001400}]";
  char *page = engine_page();
  const answer answers[] = {
      {200, page, NULL, NULL}, {200, algo, NULL, NULL}, {200, between, NULL, NULL}, {200, algo, NULL, NULL}};
  bourse_request request = perp_request(BOURSE_OP_FETCH_ORDERS);
  stage s;
  request.since_ns = FIRST_MS * 1000000;
  request.until_ns = (FIRST_MS + 3000) * 1000000;
  request.limit = 1500;
  STAGE_OPEN(&s, answers);
  bourse_result *result = execute(&s, &request, BOURSE_OK);
  CHECK_INT(s.sent_count, 4);
  CHECK_SENT(&s, 2, "GET https://fapi.binance.com/fapi/v1/allOrders", "startTime=1699999000999");
  CHECK_INT(bourse_result_count(result), FULL_PAGE + 2);
  CHECK_STR(bourse_result_order(result, FULL_PAGE)->id, "5000");
  CHECK_STR(bourse_result_order(result, FULL_PAGE + 1)->id, "algo:8");
  bourse_result_free(result);
  stage_close(&s);
  free(page);
}

/* --- Refusals --- */

TEST(a_ban_tells_until_when_and_nothing_goes_out_meanwhile) {
  static const answer answers[] = {{418,
                                    "{\"code\":-1003,\"msg\":\"Way too many requests; IP(1.2.3.4) banned until "
                                    "1700000060000. Please use WebSocket.\"}",
                                    NULL, NULL}};
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_result *result;
  stage s;
  options.wait_for_limits = BOURSE_NO;
  stage_open_with(&s, answers, 1, NULL, options);
  CHECK_INT(bourse_fetch_ticker(&result, s.exchange, BTC_USDT), BOURSE_ERROR_BANNED);
  CHECK_INT(bourse_context_error(s.context)->retry_after_ms, 60000);
  CHECK(bourse_fetch_ticker(&result, s.exchange, BTC_USDT) <= BOURSE_ERROR_RATE_LIMITED);
  CHECK_INT(s.sent_count, 1);
  stage_close(&s);
}

TEST(budgets_are_those_that_the_market_list_states) {
  static const char markets[] =
      "{\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":10}],"
      "\"symbols\":["
      "{\"symbol\":\"BTCUSDT\",\"status\":\"TRADING\",\"baseAsset\":\"BTC\",\"quoteAsset\":\"USDT\",\"filters\":[]}]}";
  static const char ticker[] = "{\"symbol\":\"BTCUSDT\",\"lastPrice\":\"1\"}";
  static const answer answers[] = {{200, markets, NULL, NULL}, {200, ticker, NULL, NULL}, {200, ticker, NULL, NULL},
                                   {200, ticker, NULL, NULL},  {200, ticker, NULL, NULL}, {200, ticker, NULL, NULL},
                                   {200, ticker, NULL, NULL}};
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_result *result;
  int32_t code = BOURSE_OK;
  int went = 0;
  stage s;
  options.wait_for_limits = BOURSE_NO;
  stage_open_with(&s, answers, 7, NULL, options);
  CHECK_INT(bourse_fetch_markets(&result, s.exchange, BOURSE_PRODUCT_SPOT), BOURSE_OK);
  bourse_result_free(result);
  while (went < 6 && (code = bourse_fetch_ticker(&result, s.exchange, BTC_USDT)) == BOURSE_OK) {
    bourse_result_free(result);
    went++;
  }
  CHECK(went <= 4); /* 2 each, of 10 less the tenth that is kept for cancels */
  CHECK_INT(code, BOURSE_ERROR_RATE_LIMITED);
  stage_close(&s);
}

TEST(what_the_exchange_counted_counts) {
  static const answer answers[] = {
      {200, "{\"symbol\":\"BTCUSDT\",\"lastPrice\":\"1\"}", "x-mbx-used-weight-1m", "5999"}};
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_result *result;
  stage s;
  options.wait_for_limits = BOURSE_NO;
  stage_open_with(&s, answers, 1, NULL, options);
  CHECK_INT(bourse_fetch_ticker(&result, s.exchange, BTC_USDT), BOURSE_OK);
  bourse_result_free(result);
  CHECK_INT(bourse_fetch_ticker(&result, s.exchange, BTC_USDT), BOURSE_ERROR_RATE_LIMITED);
  CHECK_INT(s.sent_count, 1);
  stage_close(&s);
}

/* --- Figures --- */

TEST(cost_is_exact_and_the_average_is_rounded_half_to_even) {
  static const answer answers[] = {{200,
                                    "{\"symbol\":\"BTCUSDT\",\"orderId\":1,\"status\":\"FILLED\",\"type\":\"LIMIT\","
                                    "\"side\":\"BUY\",\"origQty\":\"3.00000000\","
                                    "\"executedQty\":\"3.00000000\",\"cummulativeQuoteQty\":\"100000.00000000\"}",
                                    NULL, NULL}};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_ORDER);
  stage s;
  request.symbol = BTC_USDT;
  request.order_id = "1";
  STAGE_OPEN(&s, answers);
  bourse_result *result = execute(&s, &request, BOURSE_OK);
  const bourse_order *order = bourse_result_order(result, 0);
  check_decimal(&order->cost, "100000.00000000");
  check_decimal(&order->average, "33333.3333333333"); /* ten decimals: eight more than the tick */
  check_decimal(&order->remaining, "0.00000000");
  bourse_result_free(result);
  stage_close(&s);
}

TEST_MAIN()
