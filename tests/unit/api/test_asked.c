/* Records out of what was asked for, and the checks that adapters share. */
#include "call_bench.h"

static bourse_decimal decimal(const char *text) {
  bourse_decimal value;
  bourse_decimal_parse(&value, text, SIZE_MAX);
  return value;
}

static const char *text_of(const bourse_decimal *value) {
  static char texts[4][BOURSE_DECIMAL_TEXT_SIZE];
  static int turn;
  char *out = texts[turn++ % 4];
  bourse_decimal_format(out, BOURSE_DECIMAL_TEXT_SIZE, value);
  return out;
}

static bourse_market market_of(int32_t product, const char *size) {
  bourse_market market = {.symbol = "A/B", .id = "AB", .base = "A", .quote = "B", .product = product};
  if (size != NULL) market.contract_size = decimal(size);
  return market;
}

TEST(what_an_order_asked_for_is_in_its_record) {
  bourse_market linear = market_of(BOURSE_PRODUCT_LINEAR, "0.01");
  bourse_order record;
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  order.client_order_id = "c";
  order.side = BOURSE_SIDE_SELL;
  order.type = BOURSE_ORDER_LIMIT;
  order.time_in_force = BOURSE_IMMEDIATE_OR_CANCEL;
  order.contracts = decimal("3");
  order.price = decimal("7.50");
  order.stop_loss_price = decimal("6");
  order.reduce_only = BOURSE_YES;
  order.position_side = BOURSE_POSITION_LONG;
  order.expire_ns = 5;
  memset(&record, 0, sizeof record);
  bourse_set_asked(&record, &linear, &order);
  CHECK_STR(record.symbol, "A/B");
  CHECK_STR(record.market_id, "AB");
  CHECK_STR(record.client_order_id, "c");
  CHECK_INT(record.side, BOURSE_SIDE_SELL);
  CHECK_INT(record.time_in_force, BOURSE_IMMEDIATE_OR_CANCEL);
  CHECK_STR(text_of(&record.contracts), "3");
  CHECK_STR(text_of(&record.amount), "0.03"); /* in base units */
  CHECK_STR(text_of(&record.price), "7.50");
  CHECK_STR(text_of(&record.stop_loss_price), "6");
  CHECK_INT(record.conditional, BOURSE_YES);
  CHECK_INT(record.reduce_only, BOURSE_YES);
  CHECK_INT(record.position_side, BOURSE_POSITION_LONG);
  CHECK_INT(record.expire_ns, 5);
  CHECK_INT(record.realization, BOURSE_NATIVE);
  CHECK_INT(record.outcome, BOURSE_OUTCOME_EXECUTED);
  memset(&record, 0, sizeof record);
  order.contracts = (bourse_decimal){0, 0, 0, 0};
  order.amount = decimal("2");
  bourse_set_asked(&record, NULL, &order);
  CHECK(record.symbol == NULL);
  CHECK_STR(text_of(&record.amount), "2");
}

TEST(an_amendment_tells_what_was_changed) {
  bench b;
  bourse_market spot = market_of(BOURSE_PRODUCT_SPOT, NULL);
  bourse_order_request change = BOURSE_ORDER_REQUEST_INIT;
  bourse_call *call = bench_open(&b, BOURSE_OP_EDIT_ORDER, "POST", "/");
  change.price = decimal("8");
  b.running.request.order_id = "77";
  call->order = &change;
  call->market = &spot;
  const bourse_order *record = bourse_append_amended(call);
  CHECK(record != NULL);
  CHECK_STR(record->id, "77");
  CHECK_STR(record->symbol, "A/B");
  CHECK_STR(text_of(&record->price), "8");
  CHECK_INT(record->updated_ns, call->now_ns);
  bench_close(&b);
}

TEST(a_book_is_cut_at_the_depth_asked_for) {
  bench b;
  bourse_market spot = market_of(BOURSE_PRODUCT_SPOT, NULL);
  bourse_level levels[3];
  const bourse_level_list three = {levels, 3, 0}, one = {levels, 1, 0};
  bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_ORDER_BOOK, "GET", "/");
  call->market = &spot;
  b.running.request.limit = 2;
  const bourse_order_book *book = bourse_append_book(call, &three, &one);
  CHECK(book != NULL && book->bids == levels && book->asks == levels);
  CHECK_INT(book->bid_count, 2);
  CHECK_INT(book->ask_count, 1);
  CHECK_STR(book->id, "AB");
  b.running.request.limit = 0;
  CHECK_INT(bourse_append_book(call, &three, &one)->bid_count, 3);
  bench_close(&b);
}

TEST(money_on_its_way_is_told) {
  bench b;
  bourse_transfer transfer;
  bourse_call *call = bench_open(&b, BOURSE_OP_WITHDRAW, "POST", "/");
  b.running.request.currency = "USDT";
  b.running.request.address = "0x1";
  b.running.request.network = "ERC20";
  b.running.request.amount = decimal("5");
  b.running.request.from_wallet = BOURSE_WALLET_SPOT;
  b.running.request.to_wallet = BOURSE_WALLET_FUNDING;
  const bourse_transaction *out = bourse_append_withdrawal(call, "w");
  CHECK(out != NULL);
  CHECK_STR(out->id, "w");
  CHECK_STR(out->address, "0x1");
  CHECK_INT(out->direction, BOURSE_WITHDRAWAL);
  CHECK_INT(out->status, BOURSE_TRANSFER_PENDING);
  CHECK(!bourse_decimal_is_present(&out->amount)); /* what arrives is the exchange's to say */
  memset(&transfer, 0, sizeof transfer);
  bourse_set_transfer(&transfer, call);
  CHECK_INT(transfer.from, BOURSE_WALLET_SPOT);
  CHECK_INT(transfer.to, BOURSE_WALLET_FUNDING);
  CHECK_STR(text_of(&transfer.amount), "5");
  bench_close(&b);
}

TEST(times_are_within_both_ends) {
  bench b;
  bourse_call *call = bench_open(&b, BOURSE_OP_FETCH_TRADES, "GET", "/");
  CHECK(bourse_in_range(call, 0) && bourse_in_range(call, INT64_MAX));
  b.running.request.since_ns = 10;
  b.running.request.until_ns = 20;
  CHECK(!bourse_in_range(call, 9) && bourse_in_range(call, 10) && bourse_in_range(call, 20) &&
        !bourse_in_range(call, 21));
  bench_close(&b);
}

/* --- Checks --- */

TEST(what_reduces_is_on_the_other_side) {
  static const struct {
    int32_t reduce_only, side, position_side, code;
  } cases[] = {
      {BOURSE_YES, BOURSE_SIDE_SELL, BOURSE_POSITION_LONG, BOURSE_OK},
      {BOURSE_YES, BOURSE_SIDE_BUY, BOURSE_POSITION_LONG, BOURSE_ERROR_ARGUMENT},
      {BOURSE_YES, BOURSE_SIDE_SELL, BOURSE_POSITION_SHORT, BOURSE_ERROR_ARGUMENT},
      {BOURSE_YES, BOURSE_SIDE_BUY, BOURSE_POSITION_BOTH, BOURSE_OK},
      {BOURSE_NO, BOURSE_SIDE_BUY, BOURSE_POSITION_LONG, BOURSE_OK},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bench b;
    bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
    bourse_call *call = bench_open(&b, BOURSE_OP_CREATE_ORDER, "POST", "/");
    order.reduce_only = cases[i].reduce_only;
    order.side = cases[i].side;
    order.position_side = cases[i].position_side;
    CHECK_INT(bourse_check_hedge(call, &order), cases[i].code);
    bench_close(&b);
  }
}

TEST(market_orders_are_immediate) {
  bench b;
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  bourse_call *call = bench_open(&b, BOURSE_OP_CREATE_ORDER, "POST", "/");
  order.type = BOURSE_ORDER_MARKET;
  CHECK_INT(bourse_check_market_time(call, &order), BOURSE_OK);
  order.time_in_force = BOURSE_IMMEDIATE_OR_CANCEL;
  CHECK_INT(bourse_check_market_time(call, &order), BOURSE_OK);
  order.time_in_force = BOURSE_FILL_OR_KILL;
  CHECK_INT(bourse_check_market_time(call, &order), BOURSE_ERROR_ARGUMENT);
  order.type = BOURSE_ORDER_LIMIT;
  CHECK_INT(bourse_check_market_time(call, &order), BOURSE_OK);
  bench_close(&b);
}

TEST(an_edit_changes_something_that_can_be_changed) {
  bench b;
  bourse_call *call = bench_open(&b, BOURSE_OP_EDIT_ORDER, "POST", "/");
  bourse_order_request nothing = BOURSE_ORDER_REQUEST_INIT, price = nothing, visible = nothing, cost = nothing;
  price.price = decimal("1");
  visible.iceberg_amount = decimal("1");
  cost.cost = cost.price = decimal("1");
  CHECK_INT(bourse_check_edit(call, &price, 0), BOURSE_OK);
  CHECK_INT(bourse_check_edit(call, &visible, BOURSE_EDIT_VISIBLE), BOURSE_OK);
  CHECK_INT(bourse_check_edit(call, &visible, 0), BOURSE_ERROR_UNSUPPORTED);
  CHECK_STR(b.running.failure.error.field, "iceberg_amount");
  CHECK_INT(bourse_check_edit(call, &cost, 0), BOURSE_ERROR_UNSUPPORTED);
  CHECK_INT(bourse_check_edit(call, &nothing, BOURSE_EDIT_VISIBLE), BOURSE_ERROR_ARGUMENT);
  CHECK_STR(b.running.failure.error.field, "amount");
  price.post_only = BOURSE_YES;
  CHECK_INT(bourse_check_edit(call, &price, 0), BOURSE_ERROR_UNSUPPORTED);
  CHECK_INT(bourse_check_edit(call, &price, BOURSE_EDIT_POST_ONLY), BOURSE_OK);
  bench_close(&b);
}

TEST(digits_make_a_step) {
  static const struct {
    int64_t decimals;
    const char *step;
  } cases[] = {{0, "1"}, {2, "0.01"}, {-2, "100"}, {30, "0.000000000000000000000000000001"}, {31, ""}, {-16, ""}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bourse_decimal step = {0, 0, 0, 0};
    bourse_set_step(&step, cases[i].decimals);
    CHECK_STR(text_of(&step), cases[i].step);
  }
}

/* --- Opening --- */

static int32_t read_color(void *state, const bourse_param *setting) {
  int32_t *color = state;
  if (strcmp(setting->name, "color") != 0) return 0;
  *color = strcmp(setting->value, "red") == 0;
  return *color;
}

TEST(settings_are_known_or_told) {
  int32_t color = 0;
  char text[200] = "";
  bourse_param settings[] = {{"nonce", "5", 0, 0}, {"color", "red", 0, 0}};
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_open_call call = {.state = &color, .options = &options, .error_text = text, .error_text_size = sizeof text};
  options.settings = settings;
  options.setting_count = 2;
  CHECK_INT(bourse_read_settings(&call, read_color, "is color = red"), BOURSE_OK);
  CHECK_INT(color, 1);
  settings[1].value = "blue";
  CHECK_INT(bourse_read_settings(&call, read_color, "is color = red"), BOURSE_ERROR_ARGUMENT);
  CHECK_STR(text, "setting color = blue is not known; there is color = red");
  CHECK_INT(bourse_need_key(&call, 1u << BOURSE_KEY_HMAC, "secrets for HMAC"), BOURSE_OK); /* there is no key */
}

TEST_MAIN()
