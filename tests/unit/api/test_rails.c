/* Safety rails: what is refused, what is counted and given back, and the kill switch. */
#include "fake.h"

#include <bourse/sys/schema.h>

static bourse_decimal number(const char *text) {
  bourse_decimal out;
  bourse_decimal_parse(&out, text, SIZE_MAX);
  return out;
}

static bourse_order_request an_order(const char *symbol, int32_t side, const char *amount, const char *price) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  order.symbol = symbol;
  order.side = side;
  order.type = price == NULL ? BOURSE_ORDER_MARKET : BOURSE_ORDER_LIMIT;
  order.amount = number(amount);
  if (price != NULL) order.price = number(price);
  return order;
}

static bourse_options quiet_options(void) {
  bourse_options options = BOURSE_OPTIONS_INIT;
  options.clock_sync = BOURSE_NO;
  return options;
}

static void open_world(fake_world *world, bourse_options *options, const fake_reply *script, size_t count) {
  options->clock_sync = BOURSE_NO;
  world->script = script;
  world->script_count = count;
  fake_open_with(world, options);
  CHECK_INT(bourse_markets_load(world->exchange, BOURSE_PRODUCT_SPOT, FAKE_MARKETS, strlen(FAKE_MARKETS)), BOURSE_OK);
}

#define OPEN_WORLD(world_, options_, script_) \
  open_world(world_, options_, script_, sizeof(script_) / sizeof((script_)[0]))

static int32_t buy(fake_world *world, const char *amount, const char *price) {
  bourse_order_request order = an_order("A/B", BOURSE_SIDE_BUY, amount, price);
  bourse_result *result;
  int32_t code = bourse_create_order(&result, world->exchange, &order);
  bourse_result_free(result);
  return code;
}

/* It was refused by this rail, and nothing left. */
static void check_refused(bourse_context *context, const char *field) {
  const bourse_error *error = bourse_context_error(context);
  CHECK_INT(error->code, BOURSE_ERROR_FORBIDDEN);
  CHECK_INT(error->outcome, BOURSE_OUTCOME_NOT_SENT);
  CHECK_STR(error->field, field);
  CHECK(strncmp(error->message, field, strlen(field)) == 0);
}

/* --- Options --- */

TEST(options_are_checked_at_open) {
  static const char *const by_id[] = {"AB"};
  fake_world world;
  bourse_options options = quiet_options();
  bourse_exchange *other;
  open_world(&world, &options, NULL, 0);
  options = quiet_options();
  options.max_order_notional = number("0");
  CHECK_INT(bourse_open(&other, world.context, "fake", &options), BOURSE_ERROR_ARGUMENT);
  CHECK_STR(bourse_context_error(world.context)->field, "max_order_notional");
  options = quiet_options();
  options.max_notional_per_minute = number("-1");
  CHECK_INT(bourse_open(&other, world.context, "fake", &options), BOURSE_ERROR_ARGUMENT);
  options = quiet_options();
  options.allowed_symbols = by_id;
  options.allowed_symbol_count = 1;
  CHECK_INT(bourse_open(&other, world.context, "fake", &options), BOURSE_ERROR_ARGUMENT);
  CHECK_STR(bourse_context_error(world.context)->field, "allowed_symbols");
  options.allowed_symbols = NULL;
  CHECK_INT(bourse_open(&other, world.context, "fake", &options), BOURSE_ERROR_ARGUMENT);
  fake_close(&world);
}

/* --- Reading only --- */

static int32_t raw(fake_world *world, const char *method, const char *path, int32_t is_safe) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CALL_RAW);
  bourse_result *result;
  request.method = method;
  request.path = path;
  request.is_safe = is_safe;
  int32_t code = bourse_execute(&result, world->exchange, &request);
  bourse_result_free(result);
  return code;
}

TEST(read_only_refuses_whatever_acts) {
  static const fake_reply script[] = {{"/ticker", 200, 0, 0, "{\"last\":1}", NULL},
                                      {"/order", 200, 0, 0, "{\"id\":1}", NULL}};
  fake_world world;
  bourse_options options = quiet_options();
  bourse_result *result;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_SET_LEVERAGE);
  options.read_only = BOURSE_YES;
  OPEN_WORLD(&world, &options, script);
  CHECK_INT(buy(&world, "1", "100"), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "read_only");
  request.leverage = number("2");
  CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "read_only");
  CHECK_INT(raw(&world, "POST", "/order", 0), BOURSE_ERROR_FORBIDDEN);
  CHECK_INT(raw(&world, "POST", "/order", BOURSE_YES), BOURSE_ERROR_FORBIDDEN); /* the caller's word is not enough */
  CHECK_INT(raw(&world, "DELETE", "/unheard", 0), BOURSE_ERROR_FORBIDDEN);
  CHECK_INT(raw(&world, "POST", "/unheard", BOURSE_YES), BOURSE_ERROR_FORBIDDEN);
  CHECK_INT(world.sent_count, 0);
  CHECK_INT(bourse_fetch_ticker(&result, world.exchange, "A/B"), BOURSE_OK);
  bourse_result_free(result);
  CHECK_INT(raw(&world, "GET", "/order", 0), BOURSE_OK);
  fake_close(&world);
}

/* Every operation of the table that changes something, at an exchange that has them all. */
TEST(read_only_knows_all_operations) {
  bourse_context *context;
  bourse_exchange *paper;
  bourse_options options = BOURSE_OPTIONS_INIT;
  uint32_t count = 0;
  options.read_only = BOURSE_YES;
  options.allow_withdrawals = BOURSE_YES;
  CHECK_INT(bourse_context_new(&context, NULL), BOURSE_OK);
  CHECK_INT(bourse_open(&paper, context, "paper", &options), BOURSE_OK);
  bourse_decimal one = number("1");
  bourse_result *result;
  CHECK_INT(bourse_cancel_all_orders(&result, paper, NULL), BOURSE_ERROR_FORBIDDEN);
  check_refused(context, "read_only");
  CHECK_INT(bourse_cancel_order(&result, paper, "BTC/USDT", "1", NULL), BOURSE_ERROR_FORBIDDEN);
  CHECK_INT(bourse_set_leverage(&result, paper, "BTC/USDT:USDT", &one), BOURSE_ERROR_FORBIDDEN);
  CHECK_INT(bourse_transfer_funds(&result, paper, "USDT", &one, BOURSE_WALLET_SPOT, BOURSE_WALLET_LINEAR),
            BOURSE_ERROR_FORBIDDEN);
  check_refused(context, "read_only");
  for (const bourse_operation_info *info; (info = bourse_schema_operation_at(count)) != NULL; count++)
    if (strncmp(info->name, "fetch_", 6) != 0 && strncmp(info->name, "watch_", 6) != 0 &&
        strcmp(info->name, "call_raw") != 0 && strcmp(info->name, "extend_stream_token") != 0 &&
        strncmp(info->name, "resolve_", 8) != 0 && strcmp(info->name, "wait_order") != 0 &&
        strcmp(info->name, "reconcile_orders") != 0)
      CHECK((info->flags & BOURSE_OPERATION_ACTS) != 0); /* what the rail goes by */
  CHECK(count > 80);
  bourse_close(paper);
  bourse_context_free(context);
}

/* --- Symbols --- */

TEST(orders_in_other_markets_are_refused_however_they_are_named) {
  static const char *const allowed[] = {"X/Y", "C/D"};
  fake_world world;
  bourse_options options = quiet_options();
  bourse_result *result;
  options.allowed_symbols = allowed;
  options.allowed_symbol_count = 2;
  open_world(&world, &options, NULL, 0);
  CHECK_INT(buy(&world, "1", "100"), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "allowed_symbols");
  bourse_order_request order = an_order("AB", BOURSE_SIDE_BUY, "1", "100");
  order.product = BOURSE_PRODUCT_SPOT;
  CHECK_INT(bourse_create_order(&result, world.exchange, &order), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "allowed_symbols");
  bourse_request leverage = BOURSE_REQUEST_INIT(BOURSE_OP_SET_LEVERAGE);
  leverage.symbol = "A/B";
  leverage.leverage = number("2");
  CHECK_INT(bourse_execute(&result, world.exchange, &leverage), BOURSE_ERROR_FORBIDDEN);
  CHECK_INT(world.sent_count, 0);
  order.symbol = "CD"; /* allowed; refused for another reason: the market is inactive */
  CHECK_INT(bourse_create_order(&result, world.exchange, &order), BOURSE_ERROR_MARKET_INACTIVE);
  fake_close(&world);
}

TEST(what_cannot_be_measured_is_refused_unless_allowed) {
  static const fake_reply script[] = {{"/order", 200, 0, 0, "{\"id\":1}", NULL},
                                      {"/order", 200, 0, 0, "{\"id\":1}", NULL}};
  static const bourse_param params[] = {{"amount", "1000", 0, 0}};
  for (int allow = 0; allow < 2; allow++) {
    fake_world world;
    bourse_options options = quiet_options();
    bourse_order_request order = an_order("A/B", BOURSE_SIDE_BUY, "1", "100");
    const bourse_order_request *orders[] = {&order};
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
    bourse_result *result;
    int32_t expected = allow ? BOURSE_OK : BOURSE_ERROR_FORBIDDEN;
    request.orders = orders;
    request.order_count = 1;
    request.params = params;
    request.param_count = 1;
    options.max_order_notional = number("1000");
    if (allow) options.allow_raw_orders = BOURSE_YES;
    OPEN_WORLD(&world, &options, script);
    CHECK_INT(bourse_execute(&result, world.exchange, &request), expected);
    if (!allow) check_refused(world.context, "allow_raw_orders");
    bourse_result_free(result);
    CHECK_INT(raw(&world, "POST", "/order", BOURSE_YES), expected);
    CHECK_INT(world.sent_count, allow ? 2 : 0);
    fake_close(&world);
  }
}

/* --- Notional --- */

TEST(an_order_is_measured_at_the_price_it_may_have) {
  static const struct {
    int32_t side;
    const char *price, *trigger, *trailing;
    int32_t direction, post_only, asks, refused;
  } cases[] = {
      {BOURSE_SIDE_BUY, "100", NULL, NULL, 0, 0, 0, 0}, /* 10 x 100: just fits */
      {BOURSE_SIDE_BUY, "100.1", NULL, NULL, 0, 0, 0, 1},
      {BOURSE_SIDE_BUY, NULL, NULL, NULL, 0, 0, 1, 1}, /* the market is at 150 */
      {BOURSE_SIDE_SELL, NULL, NULL, NULL, 0, 0, 1, 1},
      {BOURSE_SIDE_SELL, "1", NULL, NULL, 0, 0, 1, 1}, /* would be filled at 150 */
      {BOURSE_SIDE_SELL, "1", NULL, NULL, 0, 1, 0, 0}, /* can only rest */
      {BOURSE_SIDE_SELL, NULL, "100", NULL, BOURSE_TRIGGER_FALL, 0, 0, 0},
      {BOURSE_SIDE_SELL, NULL, "101", NULL, BOURSE_TRIGGER_FALL, 0, 0, 1},
      {BOURSE_SIDE_BUY, NULL, "100", NULL, BOURSE_TRIGGER_FALL, 0, 0, 0},
      {BOURSE_SIDE_BUY, NULL, "1", NULL, BOURSE_TRIGGER_RISE, 0, 1, 1}, /* fires at once, at 150 */
      {BOURSE_SIDE_BUY, "99", "1", NULL, BOURSE_TRIGGER_RISE, 0, 0, 0}, /* its limit holds */
      {BOURSE_SIDE_SELL, "1", "101", NULL, BOURSE_TRIGGER_FALL, 0, 0, 1},
      {BOURSE_SIDE_SELL, NULL, NULL, "5", 0, 0, 1, 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    static const fake_reply script[] = {{"/ticker", 200, 0, 0, "{\"last\":150}", NULL},
                                        {"/order", 200, 0, 0, "{\"id\":1}", NULL}};
    fake_world world;
    bourse_options options = quiet_options();
    bourse_result *result;
    bourse_order_request order = an_order("A/B", cases[i].side, "10", cases[i].price);
    options.max_order_notional = number("1000");
    if (cases[i].trigger != NULL) order.trigger_price = number(cases[i].trigger);
    if (cases[i].trailing != NULL) order.trailing_percent = number(cases[i].trailing);
    order.trigger_direction = cases[i].direction;
    order.post_only = cases[i].post_only;
    open_world(&world, &options, cases[i].asks ? script : script + 1, cases[i].asks ? 2 : 1);
    int32_t code = bourse_create_order(&result, world.exchange, &order);
    if (code != (cases[i].refused ? BOURSE_ERROR_FORBIDDEN : BOURSE_OK)) TEST_FAIL("case %zu: code %d", i, code);
    if (cases[i].refused) check_refused(world.context, "max_order_notional");
    CHECK_INT(strstr(world.urls, "/ticker") != NULL, cases[i].asks);
    CHECK_INT(strstr(world.urls, "/order") == NULL, cases[i].refused);
    bourse_result_free(result);
    fake_close(&world);
  }
}

TEST(costs_and_attached_orders_are_measured) {
  static const fake_reply script[] = {{"/order", 200, 0, 0, "{\"id\":1}", NULL}};
  fake_world world;
  bourse_options options = quiet_options();
  bourse_result *result;
  bourse_order_request order = an_order("A/B", BOURSE_SIDE_BUY, "1", NULL);
  options.max_order_notional = number("1000");
  OPEN_WORLD(&world, &options, script);
  memset(&order.amount, 0, sizeof order.amount);
  order.cost = number("1000.01");
  CHECK_INT(bourse_create_order(&result, world.exchange, &order), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "max_order_notional");
  order = an_order("A/B", BOURSE_SIDE_BUY, "10", "90");
  order.attached_take_profit_trigger = number("110");
  CHECK_INT(bourse_create_order(&result, world.exchange, &order), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "max_order_notional");
  order.attached_take_profit_trigger = number("100");
  CHECK_INT(bourse_create_order(&result, world.exchange, &order), BOURSE_OK);
  bourse_result_free(result);
  fake_close(&world);
}

TEST(a_price_that_cannot_be_had_lets_nothing_through) {
  static const fake_reply script[] = {{"/ticker", 403, 0, 0, "", NULL}, {"/ticker", 200, 0, 0, "{}", NULL}};
  fake_world world;
  bourse_options options = quiet_options();
  options.max_order_notional = number("1000000");
  OPEN_WORLD(&world, &options, script);
  CHECK_INT(buy(&world, "1", NULL), BOURSE_ERROR_PERMISSION);
  CHECK_INT(bourse_context_error(world.context)->outcome, BOURSE_OUTCOME_NOT_SENT);
  CHECK_STR(bourse_context_error(world.context)->operation, "create_order");
  CHECK_INT(buy(&world, "1", NULL), BOURSE_ERROR_FORBIDDEN);
  CHECK(strstr(world.urls, "/order") == NULL);
  fake_close(&world);
}

TEST(a_minute_slides_and_gives_back_what_was_not_done) {
  static const fake_reply script[] = {
      {"/order", 200, 0, 0, "{\"id\":1}", NULL},                        /* 600 */
      {"/order", 400, 0, 0, "!no money", NULL},                         /* 400, given back */
      {"/order", 0, BOURSE_ERROR_CONNECT, BOURSE_NO, NULL, NULL},       /* 400, given back */
      {"/order", 0, BOURSE_ERROR_DISCONNECTED, BOURSE_YES, NULL, NULL}, /* 400, kept */
      {"/order", 200, 0, 0, "{\"id\":2}", NULL},
  };
  fake_world world;
  bourse_options options = quiet_options();
  options.max_notional_per_minute = number("1000");
  OPEN_WORLD(&world, &options, script);
  CHECK_INT(buy(&world, "6", "100"), BOURSE_OK);
  fake_pass(&world, INT64_C(20000000000));
  CHECK_INT(buy(&world, "4", "100"), BOURSE_ERROR_INSUFFICIENT_FUNDS);
  CHECK_INT(buy(&world, "4", "100"), BOURSE_ERROR_CONNECT);
  CHECK_INT(buy(&world, "4", "100"), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(bourse_context_error(world.context)->outcome, BOURSE_OUTCOME_UNKNOWN);
  CHECK_INT(buy(&world, "0.1", "100"), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "max_notional_per_minute");
  CHECK_INT(bourse_context_error(world.context)->retry_after_ms, 40001);
  CHECK_INT(world.sent_count, 4);
  fake_pass(&world, INT64_C(39999999999));
  CHECK_INT(buy(&world, "0.1", "100"), BOURSE_ERROR_FORBIDDEN);
  fake_pass(&world, 1);
  CHECK_INT(buy(&world, "6.01", "100"), BOURSE_ERROR_FORBIDDEN); /* the unknown one counts */
  CHECK_INT(buy(&world, "6", "100"), BOURSE_OK);
  fake_close(&world);
}

TEST(doubt_counts_from_its_beginning) {
  fake_world world;
  bourse_options options = quiet_options();
  bourse_event event = BOURSE_EVENT_INIT;
  static const fake_reply good = {NULL, 200, 0, 0, "{\"id\":1}", NULL};
  options.max_notional_per_minute = number("100");
  open_world(&world, &options, NULL, 0);
  bourse_order_request order = an_order("A/B", BOURSE_SIDE_BUY, "1", "100");
  const bourse_order_request *orders[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  request.orders = orders;
  request.order_count = 1;
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  fake_pass(&world, INT64_C(10000000000)); /* nobody answered: it may have arrived until now */
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_outcome(event.result), BOURSE_OUTCOME_UNKNOWN);
  bourse_result_free(event.result);
  fake_pass(&world, INT64_C(59999999999));
  world.script = &good;
  world.script_count = 1;
  CHECK_INT(buy(&world, "1", "100"), BOURSE_ERROR_FORBIDDEN);
  fake_pass(&world, 1);
  CHECK_INT(buy(&world, "1", "100"), BOURSE_OK);
  fake_close(&world);
}

TEST(handles_of_one_account_share_what_is_counted) {
  static const fake_reply script[] = {{"/order", 200, 0, 0, "{\"id\":1}", NULL},
                                      {"/order", 200, 0, 0, "{\"id\":2}", NULL}};
  fake_world world;
  bourse_options options = quiet_options();
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  bourse_exchange *same, *another, *first;
  options.max_notional_per_minute = number("1000");
  OPEN_WORLD(&world, &options, script);
  first = world.exchange;
  keys.api_key = "key";
  keys.secret = "secret";
  options.credentials = &keys;
  CHECK_INT(bourse_open(&same, world.context, "fake", &options), BOURSE_OK);
  keys.api_key = "other key";
  CHECK_INT(bourse_open(&another, world.context, "fake", &options), BOURSE_OK);
  CHECK_INT(buy(&world, "9", "100"), BOURSE_OK);
  world.exchange = same;
  CHECK_INT(buy(&world, "2", "100"), BOURSE_ERROR_FORBIDDEN);
  world.exchange = another;
  CHECK_INT(buy(&world, "2", "100"), BOURSE_OK);
  world.exchange = first;
  bourse_close(same);
  bourse_close(another);
  fake_close(&world);
}

/* --- The kill switch --- */

static uint64_t submit_order(fake_world *world) {
  bourse_order_request order = an_order("A/B", BOURSE_SIDE_BUY, "1", "100");
  const bourse_order_request *orders[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  uint64_t ticket = 0;
  request.orders = orders;
  request.order_count = 1;
  CHECK_INT(bourse_submit(world->exchange, &request, &ticket), BOURSE_OK);
  return ticket;
}

TEST(a_halt_ends_what_waits_and_lets_what_was_sent_go_on) {
  fake_world world;
  bourse_options options = quiet_options();
  bourse_event event = BOURSE_EVENT_INIT;
  uint32_t unsent = 0;
  open_world(&world, &options, NULL, 0);
  for (int i = 0; i < 10; i++) submit_order(&world); /* eight fit into the budget */
  CHECK_INT(world.pending_count, 8);
  CHECK_INT(bourse_halt(world.exchange, 0, NULL), BOURSE_OK);
  CHECK_INT(bourse_is_halted(world.exchange), 1);
  while (bourse_next(world.context, &event) > 0) {
    CHECK_INT(bourse_result_code(event.result), BOURSE_ERROR_FORBIDDEN);
    CHECK_INT(bourse_result_outcome(event.result), BOURSE_OUTCOME_NOT_SENT);
    CHECK_STR(bourse_result_error(event.result)->field, "halt");
    bourse_result_free(event.result);
    event.result = NULL;
    unsent++;
  }
  CHECK_INT(unsent, 2);
  static const fake_reply good = {NULL, 200, 0, 0, "{\"id\":1}", NULL};
  bourse_exchange_token *sent = world.pending[0];
  fake_cancel(&world, sent);
  fake_complete(sent, &good, world.now_ns);
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), BOURSE_OK);
  bourse_result_free(event.result);
  fake_pass(&world, INT64_C(2000000000));
  CHECK_INT(world.sent_count, 8);
  CHECK_INT(buy(&world, "1", "100"), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "halt");
  CHECK_INT(raw(&world, "POST", "/order", 0), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "halt");
  CHECK_INT(bourse_resume(world.exchange), BOURSE_OK);
  submit_order(&world);
  CHECK_INT(world.sent_count, 9);
  fake_close(&world);
}

TEST(a_halt_that_comes_while_the_price_is_asked_for_holds) {
  fake_world world;
  bourse_options options = quiet_options();
  bourse_event event = BOURSE_EVENT_INIT;
  static const fake_reply price = {NULL, 200, 0, 0, "{\"last\":1}", NULL};
  options.max_order_notional = number("1000");
  open_world(&world, &options, NULL, 0);
  bourse_order_request order = an_order("A/B", BOURSE_SIDE_BUY, "1", NULL);
  const bourse_order_request *orders[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  request.orders = orders;
  request.order_count = 1;
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  CHECK_INT(world.sent_count, 1);
  bourse_exchange_token *asked = world.pending[0];
  world.pending_count = 0;
  CHECK_INT(bourse_halt_all(world.context, 0), BOURSE_OK);
  CHECK_INT(bourse_resume(world.exchange), BOURSE_ERROR_STATE);
  fake_complete(asked, &price, world.now_ns);
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), BOURSE_ERROR_FORBIDDEN);
  bourse_result_free(event.result);
  CHECK_INT(world.sent_count, 1);
  CHECK_INT(bourse_resume_all(world.context), BOURSE_OK);
  CHECK_INT(bourse_is_halted(world.exchange), 0);
  fake_close(&world);
}

TEST(halting_wants_an_account) {
  bourse_context *context;
  bourse_exchange *exchange;
  CHECK_INT(bourse_context_new(&context, NULL), BOURSE_OK);
  CHECK_INT(bourse_register(context, &fake_adapter), BOURSE_OK);
  CHECK_INT(bourse_open(&exchange, context, "fake", NULL), BOURSE_OK);
  CHECK_INT(bourse_halt(exchange, 0, NULL), BOURSE_ERROR_CREDENTIALS);
  CHECK_INT(bourse_halt(NULL, 0, NULL), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_halt_all(context, 4), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_is_halted(NULL), 0);
  bourse_context_free(context);
  CHECK_INT(bourse_resume(exchange), BOURSE_ERROR_STATE);
  bourse_close(exchange);
}

/* --- At an exchange inside the process --- */

typedef struct paper_world {
  bourse_context *context;
  bourse_exchange *exchange;
} paper_world;

static void quote(paper_world *world, const char *symbol, const char *bid, const char *ask) {
  bourse_decimal low = number(bid), high = number(ask);
  CHECK_INT(bourse_paper_quote(world->exchange, symbol, &low, NULL, &high, NULL), BOURSE_OK);
}

static void open_paper(paper_world *world, bourse_options *options) {
  static const bourse_param settings[] = {{"feed", "host", 0, 0}};
  options->settings = settings;
  options->setting_count = 1;
  CHECK_INT(bourse_context_new(&world->context, NULL), BOURSE_OK);
  CHECK_INT(bourse_open(&world->exchange, world->context, "paper", options), BOURSE_OK);
  quote(world, "BTC/USDT", "50000", "50010");
  quote(world, "BTC/USDT:USDT", "50000", "50010");
}

static void close_paper(paper_world *world) {
  bourse_close(world->exchange);
  bourse_context_free(world->context);
}

static int32_t place(paper_world *world, const bourse_order_request *order, char *id, size_t id_size) {
  bourse_result *result;
  int32_t code = bourse_create_order(&result, world->exchange, order);
  if (code == BOURSE_OK && id != NULL) snprintf(id, id_size, "%s", bourse_result_order(result, 0)->id);
  bourse_result_free(result);
  return code;
}

TEST(contracts_and_batches_are_measured) {
  paper_world world;
  bourse_options options = BOURSE_OPTIONS_INIT;
  options.max_order_notional = number("1000");
  options.max_notional_per_minute = number("1500");
  open_paper(&world, &options);
  const bourse_market *market;
  CHECK_INT(bourse_market_find(&market, world.exchange, "BTC/USDT:USDT", 0), BOURSE_OK);
  bourse_decimal size = market->contract_size;
  bourse_order_request order = an_order("BTC/USDT:USDT", BOURSE_SIDE_BUY, "1", "40000");
  memset(&order.amount, 0, sizeof order.amount);
  CHECK(bourse_decimal_sign(&size) > 0);
  bourse_decimal wanted = number("0.03");
  CHECK_INT(bourse_decimal_div(&order.contracts, &wanted, &size, 8, BOURSE_ROUND_DOWN), BOURSE_OK);
  CHECK_INT(place(&world, &order, NULL, 0), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "max_order_notional");
  CHECK(strstr(bourse_context_error(world.context)->message, "1200") != NULL);
  bourse_order_request two = an_order("BTC/USDT", BOURSE_SIDE_BUY, "0.02", "40000");
  const bourse_order_request *orders[] = {&two, &two};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDERS);
  bourse_result *result;
  request.orders = orders;
  request.order_count = 2;
  CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "max_notional_per_minute");
  CHECK_INT(place(&world, &two, NULL, 0), BOURSE_OK);
  CHECK_INT(place(&world, &two, NULL, 0), BOURSE_ERROR_FORBIDDEN);
  close_paper(&world);
}

static int32_t edit(paper_world *world, const char *id, const char *amount, const char *price) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  const bourse_order_request *orders[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_EDIT_ORDER);
  bourse_result *result;
  order.symbol = "BTC/USDT";
  order.side = BOURSE_SIDE_BUY;
  order.type = BOURSE_ORDER_LIMIT;
  if (amount != NULL) order.amount = number(amount);
  if (price != NULL) order.price = number(price);
  request.orders = orders;
  request.order_count = 1;
  request.order_id = id;
  int32_t code = bourse_execute(&result, world->exchange, &request);
  bourse_result_free(result);
  return code;
}

TEST(edits_count_by_what_they_raise) {
  paper_world world;
  bourse_options options = BOURSE_OPTIONS_INIT;
  char id[64] = "";
  options.max_order_notional = number("1000");
  options.max_notional_per_minute = number("1000");
  open_paper(&world, &options);
  bourse_order_request order = an_order("BTC/USDT", BOURSE_SIDE_BUY, "0.02", "40000"); /* 800 */
  CHECK_INT(place(&world, &order, id, sizeof id), BOURSE_OK);
  CHECK_INT(edit(&world, id, "0.03", "40000"), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "max_order_notional");
  CHECK_INT(edit(&world, id, "0.02", "45000"), BOURSE_OK); /* 100 more */
  CHECK_INT(edit(&world, id, "0.02", "49999"), BOURSE_OK); /* 99.98 more: 999.98 */
  CHECK_INT(edit(&world, id, "0.02", "50000"), BOURSE_OK); /* 0.02 more: the whole of it */
  CHECK_INT(edit(&world, id, "0.01", "50000"), BOURSE_OK); /* less: free */
  CHECK_INT(edit(&world, id, "0.01", "50001"), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "max_notional_per_minute");
  CHECK_INT(bourse_halt(world.exchange, 0, NULL), BOURSE_OK);
  CHECK_INT(edit(&world, id, "0.02", "40000"), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "halt");
  CHECK_INT(edit(&world, id, "0.005", "40000"), BOURSE_ERROR_FORBIDDEN); /* another price */
  check_refused(world.context, "halt");
  CHECK_INT(edit(&world, id, "0.005", NULL), BOURSE_OK);
  close_paper(&world);
}

TEST(a_halt_lets_cancels_through) {
  paper_world world;
  bourse_options options = BOURSE_OPTIONS_INIT;
  char id[64] = "";
  bourse_result *result;
  open_paper(&world, &options);
  bourse_order_request order = an_order("BTC/USDT", BOURSE_SIDE_BUY, "0.02", "40000");
  CHECK_INT(place(&world, &order, id, sizeof id), BOURSE_OK);
  CHECK_INT(bourse_halt(world.exchange, 0, NULL), BOURSE_OK);
  CHECK_INT(place(&world, &order, NULL, 0), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "halt");
  bourse_request close = BOURSE_REQUEST_INIT(BOURSE_OP_CLOSE_POSITION);
  close.symbol = "BTC/USDT:USDT";
  CHECK_INT(bourse_execute(&result, world.exchange, &close), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "halt");
  CHECK_INT(edit(&world, id, "0.02", "41000"), BOURSE_ERROR_FORBIDDEN);
  CHECK_INT(bourse_cancel_order(&result, world.exchange, "BTC/USDT", id, NULL), BOURSE_OK);
  bourse_result_free(result);
  close_paper(&world);
}

TEST(open_orders_are_counted_and_ended_ones_are_not) {
  paper_world world;
  bourse_options options = BOURSE_OPTIONS_INIT;
  char id[64] = "";
  bourse_result *result;
  options.max_open_orders = 2;
  open_paper(&world, &options);
  bourse_order_request order = an_order("BTC/USDT", BOURSE_SIDE_BUY, "0.02", "40000");
  bourse_order_request market = an_order("BTC/USDT", BOURSE_SIDE_BUY, "0.02", NULL);
  CHECK_INT(place(&world, &order, id, sizeof id), BOURSE_OK);
  const bourse_order_request *orders[] = {&order, &order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDERS);
  request.orders = orders;
  request.order_count = 2;
  CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "max_open_orders");
  CHECK_INT(place(&world, &order, NULL, 0), BOURSE_OK);
  CHECK_INT(place(&world, &order, NULL, 0), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "max_open_orders");
  CHECK_INT(place(&world, &market, NULL, 0), BOURSE_OK); /* does not stay */
  CHECK_INT(bourse_cancel_order(&result, world.exchange, "BTC/USDT", id, NULL), BOURSE_OK);
  bourse_result_free(result);
  CHECK_INT(place(&world, &order, NULL, 0), BOURSE_OK);
  CHECK_INT(place(&world, &order, NULL, 0), BOURSE_ERROR_FORBIDDEN);
  quote(&world, "BTC/USDT", "39000", "39010"); /* both are filled, and nobody told this handle */
  CHECK_INT(place(&world, &order, NULL, 0), BOURSE_OK);
  close_paper(&world);
}

/* --- Canceling everything --- */

static int32_t parse_list(bourse_call *call, const bourse_http_reply *reply) {
  static const bourse_field fields[] = {BOURSE_FIELD_MUST("id", ID, bourse_order, id),
                                        BOURSE_FIELD("s", STRING, bourse_order, symbol)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_decoder decoder;
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_array_begin(&decoder, "orders");
  while (bourse_decode_array_next(&decoder)) {
    bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
    if (order == NULL) return BOURSE_ERROR_MEMORY;
    order->status = BOURSE_ORDER_OPEN;
    bourse_decode_object(&decoder, &table, order);
  }
  return bourse_decode_end(call, &decoder);
}

static int32_t parse_nothing(bourse_call *call, const bourse_http_reply *reply) {
  (void)call, (void)reply;
  return BOURSE_OK;
}

static int32_t put_symbol(bourse_call *call) {
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  return BOURSE_OK;
}

static const bourse_endpoint list_endpoints[] = {
    FAKE(FETCH_MARKETS, BOURSE_SECURITY_PUBLIC, 0, "GET", "/markets", NULL, fake_parse_markets, 0),
    FAKE(CREATE_ORDER, BOURSE_SECURITY_SIGNED, BOURSE_ENDPOINT_ACTS, "POST", "/order", fake_build_order,
         fake_parse_order, 0),
    FAKE(EDIT_ORDER, BOURSE_SECURITY_SIGNED, BOURSE_ENDPOINT_ACTS, "PUT", "/order", NULL, fake_parse_order, 0),
    FAKE(FETCH_OPEN_ORDERS, BOURSE_SECURITY_SIGNED, 0, "GET", "/open", put_symbol, parse_list, 0),
    FAKE(CANCEL_ALL_ORDERS, BOURSE_SECURITY_SIGNED, BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_URGENT, "DELETE", "/open",
         put_symbol, parse_nothing, 0),
};
static const bourse_capability list_capabilities[] = {{BOURSE_OP_FETCH_MARKETS, BOURSE_FOR_SPOT, 0},
                                                      {BOURSE_OP_CREATE_ORDER, BOURSE_FOR_SPOT, 0},
                                                      {BOURSE_OP_EDIT_ORDER, BOURSE_FOR_SPOT, 0},
                                                      {BOURSE_OP_FETCH_OPEN_ORDERS, BOURSE_FOR_SPOT, 0},
                                                      {BOURSE_OP_CANCEL_ALL_ORDERS, BOURSE_FOR_SPOT, 0}};
static bourse_adapter list_adapter;

/* In place of the fake exchange, one that lists and cancels. */
static void open_lists(fake_world *world, bourse_options *options, const fake_reply *script, size_t count) {
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  open_world(world, options, script, count);
  list_adapter = fake_adapter;
  list_adapter.name = "lists";
  list_adapter.endpoints = list_endpoints;
  list_adapter.endpoint_count = sizeof list_endpoints / sizeof list_endpoints[0];
  list_adapter.capabilities = list_capabilities;
  list_adapter.capability_count = sizeof list_capabilities / sizeof list_capabilities[0];
  CHECK_INT(bourse_register(world->context, &list_adapter), BOURSE_OK);
  bourse_close(world->exchange);
  keys.api_key = "key";
  keys.secret = "secret";
  options->credentials = &keys;
  CHECK_INT(bourse_open(&world->exchange, world->context, "lists", options), BOURSE_OK);
  CHECK_INT(bourse_markets_load(world->exchange, BOURSE_PRODUCT_SPOT, FAKE_MARKETS, strlen(FAKE_MARKETS)), BOURSE_OK);
  options->credentials = NULL;
}

#define OPEN_LISTS(world_, options_, script_) \
  open_lists(world_, options_, script_, sizeof(script_) / sizeof((script_)[0]))
#define TWO_ORDERS "[{\"id\":1,\"s\":\"A/B\"},{\"id\":2,\"s\":\"C/D\"},{\"id\":3,\"s\":\"A/B\"}]"

TEST(a_halt_cancels_all_and_tells_what_is_left) {
  static const fake_reply script[] = {
      {"/open", 200, 0, 0, TWO_ORDERS, NULL},
      {"symbol=AB", 200, 0, 0, "{}", NULL},
      {"symbol=CD", 400, 0, 0, "!no", NULL},
      {"/open", 200, 0, 0, "[{\"id\":2,\"s\":\"C/D\"},{\"id\":9,\"s\":\"A/B\"}]", NULL}};
  fake_world world;
  bourse_options options = quiet_options();
  bourse_event event = BOURSE_EVENT_INIT;
  uint64_t ticket = 0;
  OPEN_LISTS(&world, &options, script);
  CHECK_INT(bourse_halt(world.exchange, BOURSE_HALT_CANCEL_ALL, &ticket), BOURSE_OK);
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(event.ticket, ticket);
  CHECK_INT(bourse_result_code(event.result), BOURSE_OK);
  CHECK_INT(bourse_result_count(event.result), 4);
  static const int32_t errors[] = {BOURSE_OK, BOURSE_ERROR_INSUFFICIENT_FUNDS, BOURSE_OK, BOURSE_ERROR_STATE};
  for (uint32_t i = 0; i < 4; i++) {
    const bourse_order *order = bourse_result_order(event.result, i);
    CHECK_INT(order->error, errors[i]);
    CHECK_INT(order->status, errors[i] == BOURSE_OK ? BOURSE_ORDER_CANCELED : BOURSE_ORDER_OPEN);
  }
  CHECK_INT(world.sent_count, 4);
  bourse_result_free(event.result);
  fake_close(&world);
}

TEST(a_list_that_cannot_be_had_is_an_error_after_canceling_blindly) {
  static const fake_reply script[] = {{"/open", 403, 0, 0, "", NULL}, {"/open", 200, 0, 0, "{}", NULL}};
  fake_world world;
  bourse_options options = quiet_options();
  bourse_result *result;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CANCEL_EVERY_ORDER);
  OPEN_LISTS(&world, &options, script);
  CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_ERROR_PERMISSION);
  CHECK_STR(bourse_context_error(world.context)->operation, "cancel_every_order");
  CHECK(strstr(world.urls, "DELETE https://live.example/open") != NULL);
  fake_close(&world);
}

TEST(open_orders_are_asked_for_before_they_are_counted) {
  static const fake_reply script[] = {{"/open", 200, 0, 0, TWO_ORDERS, NULL},
                                      {"/open", 200, 0, 0, "[{\"id\":1,\"s\":\"A/B\"}]", NULL},
                                      {"/order", 0, BOURSE_ERROR_DISCONNECTED, BOURSE_YES, NULL, NULL},
                                      {"/open", 200, 0, 0, "[{\"id\":1,\"s\":\"A/B\"}]", NULL}};
  fake_world world;
  bourse_options options = quiet_options();
  options.max_open_orders = 2;
  OPEN_LISTS(&world, &options, script);
  CHECK_INT(buy(&world, "1", "100"), BOURSE_ERROR_FORBIDDEN);
  check_refused(world.context, "max_open_orders");
  fake_pass(&world, 1000);
  CHECK_INT(buy(&world, "1", "100"), BOURSE_ERROR_DISCONNECTED); /* one of theirs, and one in doubt */
  fake_pass(&world, 1000);
  CHECK_INT(buy(&world, "1", "100"), BOURSE_ERROR_FORBIDDEN); /* a list without it proves nothing yet */
  CHECK_INT(world.sent_count, 4);
  fake_close(&world);
}

TEST(a_halt_ends_edits_that_wait_and_were_not_measured) {
  fake_world world;
  bourse_options options = quiet_options();
  bourse_event event = BOURSE_EVENT_INIT;
  bourse_order_request order = an_order("A/B", BOURSE_SIDE_BUY, "1", "100");
  const bourse_order_request *orders[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_EDIT_ORDER);
  uint64_t ticket;
  open_lists(&world, &options, NULL, 0);
  for (int i = 0; i < 8; i++) submit_order(&world);
  request.orders = orders;
  request.order_count = 1;
  request.order_id = "1";
  CHECK_INT(bourse_submit(world.exchange, &request, &ticket), BOURSE_OK);
  CHECK_INT(bourse_halt(world.exchange, 0, NULL), BOURSE_OK);
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(event.ticket, ticket);
  CHECK_INT(bourse_result_code(event.result), BOURSE_ERROR_FORBIDDEN);
  bourse_result_free(event.result);
  fake_pass(&world, INT64_C(2000000000));
  CHECK_INT(world.sent_count, 8);
  fake_close(&world);
}

/* --- The dead man's switch --- */

TEST(a_dead_mans_switch_that_is_emulated_says_so_and_fires) {
  static const fake_reply script[] = {{"/open", 200, 0, 0, "[{\"id\":1,\"s\":\"A/B\"}]", NULL},
                                      {"symbol=AB", 0, BOURSE_ERROR_CONNECT, BOURSE_NO, NULL, NULL},
                                      {"/open", 200, 0, 0, "[{\"id\":1,\"s\":\"A/B\"}]", NULL},
                                      {"/open", 200, 0, 0, "[{\"id\":1,\"s\":\"A/B\"}]", NULL},
                                      {"symbol=AB", 200, 0, 0, "{}", NULL},
                                      {"/open", 200, 0, 0, "[]", NULL}};
  fake_world world;
  bourse_options options = quiet_options();
  bourse_result *result;
  OPEN_LISTS(&world, &options, script);
  CHECK_INT(bourse_dead_mans_switch(&result, world.exchange, 0, NULL, 0), BOURSE_ERROR_ARGUMENT);
  for (int i = 0; i < 3; i++) { /* renewed in time */
    CHECK_INT(bourse_dead_mans_switch(&result, world.exchange, 5000, NULL, 0), BOURSE_OK);
    CHECK_INT(bourse_result_receipt(result, 0)->realization, BOURSE_EMULATED);
    CHECK_INT(bourse_result_receipt(result, 0)->due_ns - world.now_ns, INT64_C(5000000000));
    bourse_result_free(result);
    fake_pass(&world, INT64_C(4999000000));
    CHECK_INT(world.sent_count, 0);
  }
  fake_pass(&world, INT64_C(1000000));
  CHECK_INT(world.sent_count, 3); /* one is left */
  fake_pass(&world, INT64_C(1000000000));
  CHECK_INT(world.sent_count, 6);
  fake_pass(&world, INT64_C(5000000000));
  CHECK_INT(world.sent_count, 6);
  CHECK_INT(bourse_dead_mans_switch(&result, world.exchange, 5000, NULL, 0), BOURSE_OK);
  bourse_result_free(result);
  CHECK_INT(bourse_dead_mans_switch(&result, world.exchange, -1, NULL, 0), BOURSE_OK);
  bourse_result_free(result);
  fake_pass(&world, INT64_C(9000000000));
  CHECK_INT(world.sent_count, 6);
  static const char *const symbols[] = {"A/B"}, *const wrong[] = {"X/Y"};
  CHECK_INT(bourse_dead_mans_switch(&result, world.exchange, 5000, wrong, 1), BOURSE_ERROR_UNKNOWN_SYMBOL);
  CHECK_INT(bourse_dead_mans_switch(&result, world.exchange, 5000, symbols, 1), BOURSE_OK);
  bourse_result_free(result);
  fake_close(&world); /* with the switch set */
}

TEST(a_dead_mans_switch_is_native_where_the_exchange_has_it) {
  paper_world world;
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_result *result;
  open_paper(&world, &options);
  CHECK_INT(bourse_dead_mans_switch(&result, world.exchange, 5000, NULL, 0), BOURSE_OK);
  CHECK_INT(bourse_result_receipt(result, 0)->realization, BOURSE_NATIVE);
  bourse_result_free(result);
  close_paper(&world);
}

/* --- The store --- */

typedef struct keep {
  char key[4][128];
  uint32_t count;
  int32_t broken;
} keep;

static int32_t keep_put(void *user_data, const char *key, const void *bytes, size_t length, int32_t durable) {
  keep *k = user_data;
  (void)bytes, (void)length;
  if (k->broken) return 1;
  CHECK(durable > 0);
  if (k->count < 4) snprintf(k->key[k->count++], sizeof k->key[0], "%s", key);
  return 0;
}

static int32_t keep_remove(void *user_data, const char *key) {
  keep *k = user_data;
  if (k->broken) return 1;
  for (uint32_t i = 0; i < k->count; i++)
    if (strcmp(k->key[i], key) == 0) memcpy(k->key[i], k->key[--k->count], sizeof k->key[0]);
  return 0;
}

static int32_t keep_each(void *user_data, const char *prefix,
                         int32_t (*visit)(void *visitor, const char *key, const void *bytes, size_t length),
                         void *visitor) {
  keep *k = user_data;
  if (k->broken) return 1;
  for (uint32_t i = 0; i < k->count; i++)
    if (strncmp(k->key[i], prefix, strlen(prefix)) == 0) {
      int32_t code = visit(visitor, k->key[i], "{}", 2);
      if (code != 0) return code;
    }
  return 0;
}

static int32_t open_with_store(bourse_context **context, bourse_exchange **exchange, keep *k, const char *api_key) {
  bourse_store store = BOURSE_STORE_INIT;
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_options open = BOURSE_OPTIONS_INIT;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  store.user_data = k;
  store.put = keep_put;
  store.remove = keep_remove;
  store.each = keep_each;
  options.store = &store;
  *exchange = NULL;
  int32_t code = bourse_context_new(context, &options);
  if (code != BOURSE_OK) return code;
  CHECK_INT(bourse_register(*context, &fake_adapter), BOURSE_OK);
  keys.api_key = api_key;
  keys.secret = "secret";
  open.credentials = &keys;
  open.auto_resolve = BOURSE_NO;
  return bourse_open(exchange, *context, "fake", &open);
}

TEST(a_halt_outlives_the_process) {
  keep k = {.count = 0};
  bourse_context *context;
  bourse_exchange *exchange;
  CHECK_INT(open_with_store(&context, &exchange, &k, "key"), BOURSE_OK);
  CHECK_INT(bourse_halt(exchange, 0, NULL), BOURSE_OK);
  CHECK(k.count == 1 && strstr(k.key[0], "key") == NULL);
  bourse_close(exchange);
  bourse_context_free(context);
  CHECK_INT(open_with_store(&context, &exchange, &k, "other"), BOURSE_OK);
  CHECK_INT(bourse_is_halted(exchange), 0);
  bourse_close(exchange);
  bourse_context_free(context);
  CHECK_INT(open_with_store(&context, &exchange, &k, "key"), BOURSE_OK);
  CHECK_INT(bourse_is_halted(exchange), 1);
  k.broken = 1;
  CHECK_INT(bourse_resume(exchange), BOURSE_ERROR_IO);
  CHECK_INT(bourse_is_halted(exchange), 1);
  k.broken = 0;
  CHECK_INT(bourse_resume(exchange), BOURSE_OK);
  CHECK_INT(bourse_is_halted(exchange), 0);
  CHECK_INT(k.count, 0);
  k.broken = 1;
  CHECK_INT(bourse_halt(exchange, 0, NULL), BOURSE_ERROR_IO); /* in force all the same */
  CHECK_INT(bourse_is_halted(exchange), 1);
  k.broken = 0;
  CHECK_INT(bourse_halt_all(context, 0), BOURSE_OK);
  bourse_close(exchange);
  bourse_context_free(context);
  CHECK_INT(open_with_store(&context, &exchange, &k, "other"), BOURSE_OK);
  CHECK_INT(bourse_is_halted(exchange), 1);
  bourse_close(exchange);
  bourse_context_free(context);
  k.broken = 1;
  CHECK_INT(open_with_store(&context, &exchange, &k, "key"), BOURSE_ERROR_IO);
}

TEST_MAIN()
