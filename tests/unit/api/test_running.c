/* The life of an operation: tables, retries, deadlines, outcomes, budgets, the clock, pages. */
#include "fake.h"

static bourse_order_request limit_order(const char *amount, const char *price) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  order.symbol = "A/B";
  order.side = BOURSE_SIDE_BUY;
  order.type = BOURSE_ORDER_LIMIT;
  bourse_decimal_parse(&order.amount, amount, SIZE_MAX);
  bourse_decimal_parse(&order.price, price, SIZE_MAX);
  return order;
}

static int32_t place(fake_world *world, bourse_result **result) {
  bourse_order_request order = limit_order("1", "100");
  return bourse_create_order(result, world->exchange, &order);
}

TEST(a_table_is_loaded_once_for_many_calls) {
  static const fake_reply script[] = {{"/markets", 200, 0, 0, FAKE_MARKETS, NULL},
                                      {"/ticker", 200, 0, 0, "{\"last\":\"1.50\"}", NULL},
                                      {"/ticker", 200, 0, 0, "{\"last\":2}", NULL}};
  fake_world world;
  bourse_result *result;
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  FAKE_OPEN(&world, script);
  CHECK_INT(bourse_fetch_ticker(&result, world.exchange, "A/B"), BOURSE_OK);
  bourse_decimal_format(text, sizeof text, &bourse_result_ticker(result, 0)->last);
  CHECK_STR(text, "1.50");
  bourse_result_free(result);
  CHECK_INT(bourse_fetch_ticker(&result, world.exchange, "AB"), BOURSE_OK);
  CHECK_STR(bourse_result_ticker(result, 0)->symbol, "A/B");
  CHECK_STR(world.urls, "GET https://live.example/markets\nGET https://live.example/ticker?symbol=AB\n"
                        "GET https://live.example/ticker?symbol=AB\n");
  fake_close(&world);
  CHECK_STR(bourse_result_ticker(result, 0)->symbol, "A/B"); /* the result outlives handle and context */
  bourse_result_free(result);
}

TEST(two_calls_share_one_load) {
  fake_world world;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TICKER);
  uint64_t tickets[2];
  const fake_reply markets = {NULL, 200, 0, 0, FAKE_MARKETS, NULL}, ticker = {NULL, 200, 0, 0, "{\"last\":1}", NULL};
  fake_open(&world, NULL, 0);
  request.symbol = "A/B";
  CHECK_INT(bourse_submit(world.exchange, &request, &tickets[0]), BOURSE_OK);
  CHECK_INT(bourse_submit(world.exchange, &request, &tickets[1]), BOURSE_OK);
  CHECK_INT(world.pending_count, 1);
  bourse_exchange_token *load = world.pending[0];
  world.pending_count = 0;
  fake_complete(load, &markets, world.now_ns);
  CHECK_INT(world.pending_count, 2);
  for (int i = 0; i < 2; i++) fake_complete(world.pending[i], &ticker, world.now_ns);
  world.pending_count = 0;
  bourse_event event = BOURSE_EVENT_INIT;
  for (int i = 0; i < 2; i++) {
    event.result = NULL;
    CHECK_INT(bourse_next(world.context, &event), 1);
    CHECK_INT(bourse_result_code(event.result), BOURSE_OK);
    bourse_result_free(event.result);
  }
  CHECK_INT(bourse_next(world.context, &event), 0);
  fake_close(&world);
}

TEST(a_failed_load_fails_those_that_waited_unsent) {
  static const fake_reply script[] = {{"/markets", 200, 0, 0, "<html>", NULL}};
  fake_world world;
  bourse_result *result;
  FAKE_OPEN(&world, script);
  CHECK_INT(place(&world, &result), BOURSE_ERROR_BAD_REPLY);
  CHECK(result == NULL);
  const bourse_error *error = bourse_context_error(world.context);
  CHECK_INT(error->outcome, BOURSE_OUTCOME_NOT_SENT);
  CHECK_STR(error->operation, "create_order");
  CHECK(strlen(error->client_order_id) == 20);
  fake_close(&world);
}

TEST(reads_are_retried_and_orders_never) {
  static const fake_reply script[] = {{"/markets", 0, BOURSE_ERROR_CONNECT, BOURSE_NO, NULL, NULL},
                                      {"/markets", 502, 0, 0, "<html>", NULL},
                                      {"/markets", 200, 0, 0, FAKE_MARKETS, NULL},
                                      {"/order", 0, BOURSE_ERROR_DISCONNECTED, BOURSE_YES, NULL, NULL}};
  fake_world world;
  bourse_event event = BOURSE_EVENT_INIT;
  bourse_order_request order = limit_order("1", "100");
  const bourse_order_request *orders[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  request.orders = orders;
  request.order_count = 1;
  FAKE_OPEN(&world, script);
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  for (int i = 0; i < 40; i++) fake_pass(&world, 100000000);
  CHECK_INT(world.sent_count, 4);
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(bourse_result_outcome(event.result), BOURSE_OUTCOME_UNKNOWN);
  CHECK(bourse_result_error(event.result)->client_order_id[0] == 'b');
  bourse_result_free(event.result);
  fake_close(&world);
}

TEST(outcomes_of_an_order) {
  static const struct {
    fake_reply reply;
    int32_t code, outcome;
  } cases[] = {
      {{"/order", 200, 0, 0, "{\"id\":7}", NULL}, BOURSE_OK, BOURSE_OUTCOME_EXECUTED},
      {{"/order", 400, 0, 0, "!no money", NULL}, BOURSE_ERROR_INSUFFICIENT_FUNDS, BOURSE_OUTCOME_REJECTED},
      {{"/order", 200, 0, 0, "{\"id\":7", NULL}, BOURSE_ERROR_BAD_REPLY, BOURSE_OUTCOME_UNKNOWN},
      {{"/order", 200, 0, 0, "{}", NULL}, BOURSE_ERROR_BAD_REPLY, BOURSE_OUTCOME_UNKNOWN},
      {{"/order", 502, 0, 0, "<html>", NULL}, BOURSE_ERROR_UNAVAILABLE, BOURSE_OUTCOME_UNKNOWN},
      {{"/order", 408, 0, 0, "", NULL}, BOURSE_ERROR_FATE_UNKNOWN, BOURSE_OUTCOME_UNKNOWN},
      {{"/order", 429, 0, 0, "", "3"}, BOURSE_ERROR_RATE_LIMITED, BOURSE_OUTCOME_REJECTED},
      {{"/order", 403, 0, 0, "<html>", NULL}, BOURSE_ERROR_PERMISSION, BOURSE_OUTCOME_REJECTED},
      {{"/order", 0, BOURSE_ERROR_CONNECT, BOURSE_NO, NULL, NULL}, BOURSE_ERROR_CONNECT, BOURSE_OUTCOME_NOT_SENT},
      {{"/order", 0, BOURSE_ERROR_TIMEOUT, BOURSE_YES, NULL, NULL}, BOURSE_ERROR_TIMEOUT, BOURSE_OUTCOME_UNKNOWN},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const fake_reply script[] = {{"/markets", 200, 0, 0, FAKE_MARKETS, NULL}, cases[i].reply};
    fake_world world;
    bourse_result *result;
    FAKE_OPEN(&world, script);
    CHECK_INT(place(&world, &result), cases[i].code);
    CHECK_INT(result != NULL ? bourse_result_outcome(result) : bourse_context_error(world.context)->outcome, cases[i].outcome);
    if (cases[i].code == BOURSE_ERROR_RATE_LIMITED) CHECK_INT(bourse_context_error(world.context)->retry_after_ms, 3000);
    bourse_result_free(result);
    fake_close(&world);
  }
}

TEST(what_repeats_without_harm_is_retried) {
  static const fake_reply script[] = {{"/leverage", 0, BOURSE_ERROR_DISCONNECTED, BOURSE_YES, NULL, NULL},
                                      {"/leverage", 200, 0, 0, "{}", NULL}};
  fake_world world;
  bourse_event event = BOURSE_EVENT_INIT;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_SET_LEVERAGE);
  FAKE_OPEN(&world, script);
  CHECK_INT(bourse_markets_load(world.exchange, BOURSE_PRODUCT_SPOT, FAKE_MARKETS, strlen(FAKE_MARKETS)), BOURSE_OK);
  bourse_decimal_from_int64(&request.leverage, 5);
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  for (int i = 0; i < 20; i++) fake_pass(&world, 100000000);
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), BOURSE_OK);
  CHECK_INT(world.sent_count, 2);
  bourse_result_free(event.result);
  fake_close(&world);
}

static int32_t end_one(fake_world *world, int32_t *outcome) {
  bourse_event event = BOURSE_EVENT_INIT;
  if (bourse_next(world->context, &event) != 1) return 1;
  int32_t code = bourse_result_code(event.result);
  *outcome = bourse_result_outcome(event.result);
  bourse_result_free(event.result);
  return code;
}

TEST(a_deadline_ends_a_call_and_frees_the_transport) {
  fake_world world;
  bourse_order_request order = limit_order("1", "100");
  const bourse_order_request *orders[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  int32_t outcome = 0;
  request.orders = orders;
  request.order_count = 1;
  request.timeout_ms = 50;
  fake_open(&world, NULL, 0);
  CHECK_INT(bourse_markets_load(world.exchange, BOURSE_PRODUCT_SPOT, FAKE_MARKETS, strlen(FAKE_MARKETS)), BOURSE_OK);
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  fake_pass(&world, 49000000);
  CHECK_INT(end_one(&world, &outcome), 1);
  CHECK_INT(world.pending_count, 1);
  fake_pass(&world, 2000000);
  CHECK_INT(end_one(&world, &outcome), BOURSE_ERROR_TIMEOUT);
  CHECK_INT(outcome, BOURSE_OUTCOME_UNKNOWN);
  CHECK_INT(world.pending_count, 0);
  fake_close(&world);
}

TEST(a_canceled_call_completes_and_says_what_is_known) {
  fake_world world;
  bourse_order_request order = limit_order("1", "100");
  const bourse_order_request *orders[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  uint64_t ticket;
  int32_t outcome = 0;
  request.orders = orders;
  request.order_count = 1;
  fake_open(&world, NULL, 0);
  CHECK_INT(bourse_submit(world.exchange, &request, &ticket), BOURSE_OK); /* waits for the table */
  CHECK_INT(bourse_cancel(world.context, ticket), BOURSE_OK);
  CHECK_INT(end_one(&world, &outcome), BOURSE_ERROR_CANCELED);
  CHECK_INT(outcome, BOURSE_OUTCOME_NOT_SENT);
  CHECK_INT(bourse_cancel(world.context, ticket), BOURSE_ERROR_STATE);
  CHECK_INT(bourse_markets_load(world.exchange, BOURSE_PRODUCT_SPOT, FAKE_MARKETS, strlen(FAKE_MARKETS)), BOURSE_OK);
  CHECK_INT(bourse_submit(world.exchange, &request, &ticket), BOURSE_OK);
  CHECK_INT(bourse_cancel(world.context, ticket), BOURSE_OK);
  CHECK_INT(end_one(&world, &outcome), BOURSE_ERROR_CANCELED);
  CHECK_INT(outcome, BOURSE_OUTCOME_UNKNOWN);
  fake_close(&world);
}

TEST(orders_are_checked_before_they_are_sent) {
  static const struct {
    const char *amount, *price, *field;
    int32_t code;
  } cases[] = {
      {"1", "100.05", "price", BOURSE_ERROR_PRECISION},    {"1.001", "100", "amount", BOURSE_ERROR_PRECISION},
      {"0.01", "1000", "amount", BOURSE_ERROR_LIMIT},      {"0.05", "100", "amount", BOURSE_ERROR_LIMIT},
      {"0", "100", "amount", BOURSE_ERROR_ARGUMENT},       {"-1", "100", "amount", BOURSE_ERROR_ARGUMENT},
      {"1", "0", "price", BOURSE_ERROR_ARGUMENT},
  };
  fake_world world;
  fake_open(&world, NULL, 0);
  CHECK_INT(bourse_markets_load(world.exchange, BOURSE_PRODUCT_SPOT, FAKE_MARKETS, strlen(FAKE_MARKETS)), BOURSE_OK);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bourse_result *result;
    bourse_order_request order = limit_order(cases[i].amount, cases[i].price);
    CHECK_INT(bourse_create_order(&result, world.exchange, &order), cases[i].code);
    CHECK_STR(bourse_context_error(world.context)->field, cases[i].field);
    CHECK_STR(bourse_context_error(world.context)->exchange, "fake");
    CHECK_STR(bourse_context_error(world.context)->operation, "create_order");
    CHECK_INT(bourse_context_error(world.context)->outcome, BOURSE_OUTCOME_NOT_SENT);
  }
  bourse_result *result;
  bourse_order_request order = limit_order("1.001", "100.05");
  CHECK_INT(bourse_create_order(&result, world.exchange, &order), BOURSE_ERROR_PRECISION);
  CHECK(strstr(bourse_context_error(world.context)->message, "100.0 and 100.1") != NULL);
  order = limit_order("1", "100");
  order.symbol = "C/D";
  CHECK_INT(bourse_create_order(&result, world.exchange, &order), BOURSE_ERROR_MARKET_INACTIVE);
  order.symbol = "X/Y";
  CHECK_INT(bourse_create_order(&result, world.exchange, &order), BOURSE_ERROR_UNKNOWN_SYMBOL);
  order.symbol = "A/B:B";
  CHECK_INT(bourse_create_order(&result, world.exchange, &order), BOURSE_ERROR_UNSUPPORTED);
  CHECK_INT(world.sent_count, 0);
  fake_close(&world);
}

TEST(a_budget_makes_calls_wait_in_order) {
  const fake_reply answer = {NULL, 200, 0, 0, "{\"time\":1}", NULL};
  fake_world world;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TIME);
  fake_open(&world, NULL, 0);
  for (int i = 0; i < 12; i++) CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  CHECK_INT(world.sent_count, 8); /* two of ten are kept for cancels */
  for (; world.pending_count > 0; world.pending_count--)
    fake_complete(world.pending[world.pending_count - 1], &answer, world.now_ns);
  fake_pass(&world, 1000000000);
  CHECK_INT(world.sent_count, 8); /* by the exchange's clock the second may not be over */
  fake_pass(&world, 100000000);
  CHECK_INT(world.sent_count, 12);
  fake_close(&world);
}

static int64_t shared_acquire(void *user_data, const char *bucket, uint32_t cost, int64_t now_ns) {
  int *left = user_data;
  (void)now_ns;
  CHECK_STR(bucket, "weight");
  if (*left < (int)cost) return INT64_C(3600) * 1000000000;
  *left -= (int)cost;
  return 0;
}

TEST(the_host_may_share_budgets_with_other_processes) {
  static const fake_reply script[] = {{"/time", 200, 0, 0, "{\"time\":1}", NULL}};
  fake_world world;
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_transport transport = {.struct_size = sizeof transport, .api_version = BOURSE_API_VERSION, .user_data = &world,
                                .send = fake_send, .cancel = fake_cancel, .run = NULL};
  bourse_result *result;
  int left = 1;
  memset(&world, 0, sizeof world);
  world.script = script;
  world.script_count = 1;
  options.transport = &transport;
  options.limiter_hook = (bourse_limiter_hook){&left, shared_acquire, NULL};
  CHECK_INT(bourse_context_new(&world.context, &options), BOURSE_OK);
  CHECK_INT(bourse_register(world.context, &fake_adapter), BOURSE_OK);
  CHECK_INT(bourse_open(&world.exchange, world.context, "fake", NULL), BOURSE_OK);
  CHECK_INT(bourse_fetch_time(&result, world.exchange), BOURSE_OK);
  bourse_result_free(result);
  CHECK_INT(bourse_fetch_time(&result, world.exchange), BOURSE_ERROR_RATE_LIMITED);
  bourse_result_free(result);
  CHECK_INT(world.sent_count, 1);
  fake_close(&world);
}

TEST(a_ban_stops_what_comes_after) {
  static const fake_reply script[] = {{"/time", 418, 0, 0, "", "60"}};
  fake_world world;
  bourse_result *result;
  FAKE_OPEN(&world, script);
  CHECK_INT(bourse_fetch_time(&result, world.exchange), BOURSE_ERROR_BANNED);
  CHECK_INT(bourse_fetch_time(&result, world.exchange), BOURSE_ERROR_RATE_LIMITED);
  CHECK(bourse_context_error(world.context)->retry_after_ms > 59000);
  CHECK_INT(world.sent_count, 1);
  fake_close(&world);
}

TEST(the_clock_is_measured_before_the_first_signed_call) {
  static const fake_reply script[] = {{"/markets", 200, 0, 0, FAKE_MARKETS, NULL},
                                      {"/time", 200, 0, 0, "{\"time\":1700000005000}", NULL},
                                      {"/order", 200, 0, 0, "{\"id\":1}", NULL}};
  fake_world world = {.script = script, .script_count = 3};
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_result *result;
  int64_t offset, round_trip;
  fake_open_with(&world, &options);
  CHECK_INT(place(&world, &result), BOURSE_OK);
  bourse_result_free(result);
  CHECK(strstr(world.urls, "timestamp=1700000005000&nonce=17000000000") != NULL); /* nonces go by the host's clock */
  CHECK_INT(bourse_clock_offset(&offset, &round_trip, world.exchange), BOURSE_OK);
  CHECK_INT(offset, INT64_C(5000000000));
  fake_close(&world);
}

TEST(a_refused_timestamp_is_measured_again_for_reads_only) {
  static const fake_reply script[] = {{"/markets", 200, 0, 0, FAKE_MARKETS, NULL},
                                      {"/time", 200, 0, 0, "{\"time\":1700000000000}", NULL},
                                      {"/order", 400, 0, 0, "!time", NULL},
                                      {"/time", 200, 0, 0, "{\"time\":1700000009000}", NULL},
                                      {"/order", 200, 0, 0, "{\"id\":1}", NULL}};
  fake_world world = {.script = script, .script_count = 5};
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_result *result;
  fake_open_with(&world, &options);
  CHECK_INT(bourse_fetch_order(&result, world.exchange, "A/B", "1", NULL), BOURSE_OK);
  bourse_result_free(result);
  CHECK(strstr(world.urls, "timestamp=1700000009000") != NULL);
  fake_close(&world);
  world.script = script;
  world.script_count = 3;
  fake_open_with(&world, &options);
  CHECK_INT(place(&world, &result), BOURSE_ERROR_TIMESTAMP);
  CHECK_INT(world.sent_count, 3);
  fake_close(&world);
}

TEST(pages_go_forward_from_since_without_repeats) {
  static const fake_reply script[] = {
      {"start=1000&limit=3", 200, 0, 0, "[{\"id\":1,\"t\":1000},{\"id\":2,\"t\":1005},{\"id\":3,\"t\":1005}]", NULL},
      {"start=1005&limit=3", 200, 0, 0, "[{\"id\":2,\"t\":1005},{\"id\":3,\"t\":1005},{\"id\":4,\"t\":1005}]", NULL},
      {"start=1006&limit=3", 200, 0, 0, "[{\"id\":5,\"t\":1009}]", NULL}};
  fake_world world;
  bourse_result *result = NULL;
  FAKE_OPEN(&world, script);
  CHECK_INT(bourse_markets_load(world.exchange, BOURSE_PRODUCT_SPOT, FAKE_MARKETS, strlen(FAKE_MARKETS)), BOURSE_OK);
  CHECK_INT(bourse_fetch_trades(&result, world.exchange, "A/B", 1000000000, 100), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 5);
  for (uint32_t i = 0; i < bourse_result_count(result); i++) CHECK_INT(atoi(bourse_result_trade(result, i)->id), i + 1);
  CHECK_INT(world.sent_count, 3);
  bourse_result_free(result);
  fake_close(&world);
}

TEST(pages_go_back_from_the_newest_without_since) {
  static const fake_reply script[] = {
      {"limit=3", 200, 0, 0, "[{\"id\":9,\"t\":9},{\"id\":8,\"t\":8},{\"id\":7,\"t\":7}]", NULL},
      {"end=7&limit=3", 200, 0, 0, "[{\"id\":7,\"t\":7},{\"id\":6,\"t\":7},{\"id\":5,\"t\":7}]", NULL},
      {"end=6&limit=3", 200, 0, 0, "[{\"id\":4,\"t\":6},{\"id\":3,\"t\":5},{\"id\":2,\"t\":4}]", NULL}};
  fake_world world;
  bourse_result *result = NULL;
  FAKE_OPEN(&world, script);
  CHECK_INT(bourse_markets_load(world.exchange, BOURSE_PRODUCT_SPOT, FAKE_MARKETS, strlen(FAKE_MARKETS)), BOURSE_OK);
  CHECK_INT(bourse_fetch_trades(&result, world.exchange, "A/B", 0, 7), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 7);
  for (uint32_t i = 0; i < bourse_result_count(result); i++) CHECK_INT(atoi(bourse_result_trade(result, i)->id), i + 3);
  bourse_result_free(result);
  fake_close(&world);
}

static int callbacks;

static void on_complete(void *user_data, bourse_event *event) {
  fake_world *world = user_data;
  bourse_result *result;
  callbacks++;
  CHECK_INT(bourse_result_code(event->result), BOURSE_OK);
  CHECK_INT(bourse_fetch_time(&result, world->exchange), BOURSE_ERROR_STATE);
  bourse_result_free(event->result);
}

TEST(a_callback_comes_from_run_only_and_may_not_block) {
  static const fake_reply script[] = {{"/time", 200, 0, 0, "{\"time\":1}", NULL}};
  fake_world world;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TIME);
  bourse_event event = BOURSE_EVENT_INIT;
  FAKE_OPEN(&world, script);
  callbacks = 0;
  request.on_complete = on_complete;
  request.user_data = &world;
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  CHECK_INT(callbacks, 0);
  CHECK_INT(bourse_next(world.context, &event), 0);
  CHECK_INT(bourse_timeout_ms(world.context), 0);
  bourse_run(world.context, 0);
  CHECK_INT(callbacks, 1);
  fake_close(&world);
}

TEST(handles_and_contexts_close_in_any_order) {
  fake_world world;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TIME), ticker = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TICKER);
  ticker.symbol = "A/B";
  for (int order = 0; order < 2; order++) {
    fake_open(&world, NULL, 0);
    CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
    CHECK_INT(bourse_submit(world.exchange, &ticker, NULL), BOURSE_OK);
    CHECK_INT(bourse_submit(world.exchange, &ticker, NULL), BOURSE_OK);
    if (order == 0) {
      bourse_context_free(world.context);
      CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_ERROR_STATE);
      bourse_close(world.exchange);
    } else {
      bourse_close(world.exchange);
      CHECK_INT(world.pending_count, 0);
      bourse_context_free(world.context);
    }
  }
  bourse_close(NULL);
  bourse_context_free(NULL);
  bourse_result_free(NULL);
}

TEST(a_shared_load_survives_the_handle_that_began_it) {
  fake_world world;
  bourse_exchange *second;
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_request ticker = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TICKER);
  ticker.symbol = "A/B";
  fake_open(&world, NULL, 0);
  CHECK_INT(bourse_open(&second, world.context, "fake", &options), BOURSE_OK);
  CHECK_INT(bourse_submit(world.exchange, &ticker, NULL), BOURSE_OK);
  CHECK_INT(bourse_submit(second, &ticker, NULL), BOURSE_OK);
  CHECK_INT(world.pending_count, 1);
  bourse_close(world.exchange);
  world.exchange = NULL;
  CHECK_INT(world.pending_count, 1); /* asked again for the second */
  CHECK_INT(world.sent_count, 2);
  bourse_close(second);
  fake_close(&world);
}

TEST(a_full_queue_refuses) {
  fake_world world;
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_transport transport = {.struct_size = sizeof transport, .api_version = BOURSE_API_VERSION, .user_data = &world,
                                .send = fake_send, .cancel = fake_cancel, .run = NULL};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TIME);
  memset(&world, 0, sizeof world);
  options.transport = &transport;
  options.queue_limit = 2;
  CHECK_INT(bourse_context_new(&world.context, &options), BOURSE_OK);
  CHECK_INT(bourse_register(world.context, &fake_adapter), BOURSE_OK);
  CHECK_INT(bourse_register(world.context, &fake_adapter), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_open(&world.exchange, world.context, "fake", NULL), BOURSE_OK);
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_ERROR_QUEUE_FULL);
  fake_close(&world);
}

TEST(worlds_are_kept_apart) {
  fake_world world;
  bourse_exchange *exchange;
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  bourse_param host = {"main", "https://live.example", 0, 0};
  fake_open(&world, NULL, 0);
  keys.api_key = "k";
  keys.secret = "s";
  keys.environment = BOURSE_TESTNET;
  options.credentials = &keys;
  options.environment = BOURSE_LIVE;
  CHECK_INT(bourse_open(&exchange, world.context, "fake", &options), BOURSE_ERROR_FORBIDDEN);
  options.environment = 0;
  CHECK_INT(bourse_open(&exchange, world.context, "fake", &options), BOURSE_OK);
  CHECK_INT(bourse_exchange_environment(exchange), BOURSE_TESTNET);
  bourse_close(exchange);
  options.hosts = &host;
  options.host_count = 1;
  CHECK_INT(bourse_open(&exchange, world.context, "fake", &options), BOURSE_ERROR_FORBIDDEN);
  host.value = "http://127.0.0.1:9/";
  CHECK_INT(bourse_open(&exchange, world.context, "fake", &options), BOURSE_OK);
  bourse_close(exchange);
  CHECK_INT(bourse_open(&exchange, world.context, "nowhere", NULL), BOURSE_ERROR_UNKNOWN_NAME);
  fake_close(&world);
}

TEST_MAIN()
