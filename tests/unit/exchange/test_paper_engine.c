/* Each kind of order, each refusal, fees, positions: what the engine does with them. */
#include "paper_fixture.h"
#include "test.h"

static void check_rest(fixture *f) {
  const char *wrong = check_all(f);
  if (wrong != NULL) TEST_FAIL("%s", wrong);
  fixture_close(f);
}

static void check_money_is(paper_money actual, const char *expected, const char *what, int line) {
  if (actual == money(expected)) return;
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal value = bourse__paper_money_decimal(actual);
  (void)bourse_decimal_format(text, sizeof text, &value);
  test_failed_here = 1;
  printf("%s:%d: %s is %s, expected %s\n", __FILE__, line, what, text, expected);
}
#define CHECK_MONEY(actual_, expected_) check_money_is((actual_), (expected_), #actual_, __LINE__)

/* The order must be refused with this reason, and leave no trace. */
static void check_refused(fixture *f, uint32_t market, bourse_order_request request, int32_t expected, int line) {
  uint32_t before = bourse__paper_account(f->engine, f->user[0])->open_count;
  paper_money locked = held(f, f->user[0], 0, f->usdt)->locked;
  paper_order *order = put(f, f->user[0], market, request);
  const paper_account *account = bourse__paper_account(f->engine, f->user[0]);
  if (order == NULL && reason(f) == expected &&
      bourse__paper_error(f->engine)->code == bourse__paper_reason_code(expected) &&
      bourse__paper_error(f->engine)->text[0] != '\0' && account->open_count == before &&
      held(f, f->user[0], 0, f->usdt)->locked == locked)
    return;
  test_failed_here = 1;
  printf("%s:%d: reason is %s, expected %s\n", __FILE__, line,
         order != NULL ? "(accepted)" : bourse__paper_reason_text(reason(f)), bourse__paper_reason_text(expected));
}
#define REFUSED(market_, request_, reason_) check_refused(&f, f.market_, (request_), (reason_), __LINE__)

/* --- Spot --- */

TEST(a_taker_pays_the_makers_price_and_each_side_its_fee) {
  fixture f;
  fixture_open(&f);
  paper_order *maker = put(&f, f.user[0], f.spot, sell_limit("1", "100"));
  paper_order *taker = put(&f, f.user[1], f.spot, buy_limit("3", "101"));
  CHECK_INT(maker->status, BOURSE_ORDER_FILLED);
  CHECK_INT(taker->status, BOURSE_ORDER_OPEN);
  CHECK_INT(taker->filled, qty("1"));
  CHECK_MONEY(held(&f, f.user[0], 0, f.usdt)->total, "10099.9"); /* 100 less 0.1 % */
  CHECK_MONEY(held(&f, f.user[0], 0, f.btc)->total, "9");
  CHECK_MONEY(held(&f, f.user[1], 0, f.usdt)->total, "9900");
  CHECK_MONEY(held(&f, f.user[1], 0, f.usdt)->locked, "202");
  CHECK_MONEY(held(&f, f.user[1], 0, f.btc)->total, "10.998"); /* 1 less 0.2 % */
  CHECK_MONEY(maker->fee, "0.1");
  CHECK_MONEY(taker->fee, "0.002");
  CHECK_INT(bourse__paper_cancel(f.engine, taker), BOURSE_OK);
  CHECK_INT(taker->status, BOURSE_ORDER_CANCELED);
  CHECK_MONEY(held(&f, f.user[1], 0, f.usdt)->locked, "0");
  CHECK_INT(bourse__paper_cancel(f.engine, taker), BOURSE_ERROR_ORDER_NOT_FOUND);
  check_rest(&f);
}

TEST(fees_in_quote_currency_come_on_top_of_what_a_buy_costs) {
  fixture f;
  paper_config config = fixture_config();
  config.fees_in_quote = 1;
  if (fixture_open_with(&f, &config) != BOURSE_OK) abort();
  paper_order *maker = put(&f, f.user[0], f.spot, sell_limit("1", "100"));
  paper_order *taker = put(&f, f.user[1], f.spot, buy_limit("3", "101"));
  CHECK_MONEY(held(&f, f.user[0], 0, f.usdt)->total, "10099.9");
  CHECK_MONEY(held(&f, f.user[1], 0, f.btc)->total, "11");
  CHECK_MONEY(held(&f, f.user[1], 0, f.usdt)->total, "9899.8");
  CHECK_MONEY(held(&f, f.user[1], 0, f.usdt)->locked, "202.404"); /* 202 and 0.2 % */
  CHECK_MONEY(maker->fee, "0.1");
  CHECK_MONEY(taker->fee, "0.2");
  CHECK_INT(taker->fee_currency, f.usdt);
  CHECK_INT(bourse__paper_cancel(f.engine, taker), BOURSE_OK);
  CHECK_MONEY(held(&f, f.user[1], 0, f.usdt)->locked, "0");
  REFUSED(spot, buy_limit("10.08", "1000"), PAPER_NO_FUNDS); /* 10099.9 are there: enough without the fee */
  check_rest(&f);
}

TEST(price_first_then_time) {
  fixture f;
  fixture_open(&f);
  paper_order *late = put(&f, f.user[0], f.spot, sell_limit("1", "100.5"));
  paper_order *first = put(&f, f.user[0], f.spot, sell_limit("1", "100"));
  paper_order *second = put(&f, f.user[1], f.spot, sell_limit("1", "100"));
  paper_order *taker = put(&f, f.user[2], f.spot, buy_market("1.5"));
  CHECK_INT(first->status, BOURSE_ORDER_FILLED);
  CHECK_INT(second->filled, qty("0.5"));
  CHECK_INT(late->filled, 0);
  CHECK_INT(taker->status, BOURSE_ORDER_FILLED);
  check_rest(&f);
}

TEST(market_orders_by_cost) {
  fixture f;
  fixture_open(&f);
  (void)put(&f, f.user[0], f.spot, sell_limit("1", "100"));
  (void)put(&f, f.user[0], f.spot, sell_limit("5", "110"));
  bourse_order_request r = buy_market(NULL);
  r.cost = dec("155.75");
  paper_order *order = put(&f, f.user[1], f.spot, r);
  CHECK_INT(order->status, BOURSE_ORDER_FILLED); /* 1 at 100, then 0.5 of 55.75 at 110: 0.75 stays */
  CHECK_INT(order->filled, qty("1.5"));
  CHECK_MONEY(order->cost_filled, "155");
  CHECK_MONEY(held(&f, f.user[1], 0, f.usdt)->total, "9845");
  r.cost = dec("700");
  order = put(&f, f.user[1], f.spot, r);
  CHECK_INT(order->status, BOURSE_ORDER_EXPIRED);
  CHECK_INT(order->reason, PAPER_NO_LIQUIDITY);
  CHECK_INT(order->filled, qty("4.5"));
  (void)put(&f, f.user[0], f.spot, buy_limit("3", "90"));
  r = sell_market(NULL);
  r.cost = dec("45.5");
  order = put(&f, f.user[1], f.spot, r);
  CHECK_INT(order->filled, qty("0.5"));
  CHECK_INT(order->status, BOURSE_ORDER_FILLED);
  check_rest(&f);
}

TEST(time_in_force) {
  fixture f;
  fixture_open(&f);
  bourse_order_request r = buy_limit("2", "100");
  (void)put(&f, f.user[0], f.spot, sell_limit("1", "100"));
  r.time_in_force = BOURSE_FILL_OR_KILL;
  CHECK(put(&f, f.user[1], f.spot, r) == NULL);
  CHECK_INT(reason(&f), PAPER_UNFILLED);
  CHECK_INT(bourse__paper_error(f.engine)->code, BOURSE_ERROR_UNFILLED);
  r.time_in_force = BOURSE_IMMEDIATE_OR_CANCEL;
  paper_order *order = put(&f, f.user[1], f.spot, r);
  CHECK_INT(order->status, BOURSE_ORDER_EXPIRED);
  CHECK_INT(order->filled, qty("1"));
  CHECK_INT(order->reason, PAPER_UNFILLED);
  (void)put(&f, f.user[0], f.spot, sell_limit("1", "99"));
  (void)put(&f, f.user[0], f.spot, sell_limit("1", "100"));
  r.time_in_force = BOURSE_FILL_OR_KILL;
  order = put(&f, f.user[1], f.spot, r);
  CHECK(order != NULL && order->status == BOURSE_ORDER_FILLED);
  bourse__paper_advance(f.engine, 5 * SECOND);
  r.time_in_force = BOURSE_GOOD_TILL_DATE;
  r.expire_ns = 8 * SECOND;
  order = put(&f, f.user[1], f.spot, r);
  bourse__paper_advance(f.engine, 8 * SECOND - 1);
  CHECK_INT(order->status, BOURSE_ORDER_OPEN);
  bourse__paper_advance(f.engine, 20 * SECOND);
  CHECK_INT(order->status, BOURSE_ORDER_EXPIRED);
  CHECK_INT(order->reason, PAPER_EXPIRED);
  CHECK_INT(order->updated_ns, 8 * SECOND);
  CHECK_INT(bourse__paper_now(f.engine), 20 * SECOND);
  check_rest(&f);
}

TEST(icebergs_show_a_part_and_queue_again) {
  fixture f;
  fixture_open(&f);
  bourse_order_request r = sell_limit("3", "100");
  r.iceberg_amount = dec("1");
  paper_order *iceberg = put(&f, f.user[0], f.spot, r);
  paper_order *other = put(&f, f.user[1], f.spot, sell_limit("1", "100"));
  const paper_market *market = bourse__paper_market(f.engine, f.spot);
  CHECK_INT(market->sides[1].levels[0].visible, qty("2"));
  (void)put(&f, f.user[2], f.spot, buy_market("1.5"));
  CHECK_INT(iceberg->filled, qty("1")); /* its second part is behind the other */
  CHECK_INT(other->filled, qty("0.5"));
  (void)put(&f, f.user[2], f.spot, buy_market("2.5"));
  CHECK_INT(iceberg->status, BOURSE_ORDER_FILLED);
  CHECK_INT(other->status, BOURSE_ORDER_FILLED);
  check_rest(&f);
}

TEST(stops_and_take_profits_fire_on_their_side) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(quote(&f, f.spot, "99.5", "50", "100.5", "50"), BOURSE_OK);
  bourse__paper_set_last(f.engine, f.spot, px("100"));
  bourse_order_request r = sell_market("1");
  r.stop_loss_price = dec("95");
  paper_order *stop = put(&f, f.user[0], f.spot, r);
  r = sell_limit("1", "106");
  r.take_profit_price = dec("105");
  paper_order *take = put(&f, f.user[0], f.spot, r);
  r = buy_market("1");
  r.stop_loss_price = dec("110");
  paper_order *buy_stop = put(&f, f.user[0], f.spot, r);
  CHECK_INT(stop->status, BOURSE_ORDER_UNTRIGGERED);
  CHECK_MONEY(held(&f, f.user[0], 0, f.btc)->locked, "2");
  CHECK_MONEY(held(&f, f.user[0], 0, f.usdt)->locked, "110");
  CHECK_INT(print_at(&f, f.spot, BOURSE_SIDE_SELL, "95.5", "1"), BOURSE_OK);
  CHECK_INT(stop->status, BOURSE_ORDER_UNTRIGGERED);
  CHECK_INT(print_at(&f, f.spot, BOURSE_SIDE_SELL, "95", "1"), BOURSE_OK);
  CHECK_INT(stop->status, BOURSE_ORDER_FILLED); /* at the quoted bid */
  CHECK_MONEY(stop->cost_filled, "99.5");
  CHECK_INT(print_at(&f, f.spot, BOURSE_SIDE_BUY, "105", "1"), BOURSE_OK);
  CHECK_INT(take->status, BOURSE_ORDER_OPEN);
  CHECK_INT(take->place, PAPER_ON_BOOK);
  CHECK_INT(print_at(&f, f.spot, BOURSE_SIDE_BUY, "110", "2"), BOURSE_OK);
  CHECK_INT(take->status, BOURSE_ORDER_FILLED); /* its own price, by the trade that went through it */
  CHECK_MONEY(take->cost_filled, "106");
  CHECK_INT(buy_stop->status, BOURSE_ORDER_FILLED);
  CHECK_MONEY(buy_stop->cost_filled, "100.5");
  check_rest(&f);
}

TEST(plain_triggers_and_trailing_stops) {
  fixture f;
  fixture_open(&f);
  bourse__paper_set_last(f.engine, f.spot, px("100"));
  bourse_order_request r = buy_limit("1", "90");
  r.trigger_price = dec("98");
  r.trigger_direction = BOURSE_TRIGGER_FALL;
  paper_order *plain = put(&f, f.user[0], f.spot, r);
  r = sell_limit("1", "150"); /* none of them trades, so that the path below is all there is */
  r.trailing_percent = dec("10");
  paper_order *percent = put(&f, f.user[0], f.spot, r);
  r = sell_limit("1", "150");
  r.trailing_amount = dec("5");
  r.trailing_activation_price = dec("120");
  paper_order *amount = put(&f, f.user[0], f.spot, r);
  r = buy_limit("1", "50");
  r.trailing_amount = dec("8");
  paper_order *buys = put(&f, f.user[0], f.spot, r);
  static const struct {
    const char *price;
    int fired[4];
  } path[] = {{"105", {0, 0, 0, 0}},   {"107.5", {0, 0, 0, 0}}, {"108", {0, 0, 0, 1}},   {"119.5", {0, 0, 0, 1}},
              {"114", {0, 0, 0, 1}},   {"120", {0, 0, 0, 1}},   {"115.5", {0, 0, 0, 1}}, {"115", {0, 0, 1, 1}},
              {"108.5", {0, 0, 1, 1}}, {"108", {0, 1, 1, 1}},   {"98.5", {0, 1, 1, 1}},  {"98", {1, 1, 1, 1}}};
  paper_order *orders[] = {plain, percent, amount, buys};
  for (size_t i = 0; i < sizeof path / sizeof path[0]; i++) {
    bourse__paper_set_last(f.engine, f.spot, px(path[i].price));
    for (int k = 0; k < 4; k++)
      if (orders[k]->fired != path[i].fired[k])
        TEST_FAIL("order %d at %s: fired is %d", k, path[i].price, orders[k]->fired);
  }
  CHECK_INT(plain->status, BOURSE_ORDER_OPEN);
  CHECK_INT(percent->status, BOURSE_ORDER_OPEN);
  check_rest(&f);
}

TEST(triggers_fire_each_other) {
  fixture f;
  fixture_open(&f);
  bourse__paper_set_last(f.engine, f.spot, px("100"));
  for (int i = 0; i < 5; i++) { /* each stop sells into the bid whose price fires the next */
    char price[8], bid[8];
    (void)snprintf(price, sizeof price, "%d", 95 - i);
    (void)snprintf(bid, sizeof bid, "%d", 94 - i);
    bourse_order_request r = sell_market("1");
    r.stop_loss_price = dec(price);
    CHECK(put(&f, f.user[0], f.spot, r) != NULL);
    CHECK(put(&f, f.user[1], f.spot, buy_limit("1", bid)) != NULL);
  }
  CHECK(put(&f, f.user[2], f.spot, buy_limit("0.1", "95")) != NULL);
  CHECK(put(&f, f.user[2], f.spot, sell_limit("0.1", "94.5")) != NULL); /* trades with itself? no: it cancels its own */
  CHECK_INT(bourse__paper_market(f.engine, f.spot)->last, px("100"));
  CHECK(put(&f, f.user[1], f.spot, buy_limit("0.1", "95")) != NULL);
  CHECK_INT(bourse__paper_account(f.engine, f.user[0])->open_count, 0);
  CHECK_INT(bourse__paper_market(f.engine, f.spot)->last, px("90"));
  check_rest(&f);
}

/* --- Self-trade prevention --- */

static paper_order *self_trade(fixture *f, int32_t mode, paper_order **maker) {
  fixture_open(f);
  *maker = put(f, f->user[0], f->spot, sell_limit("1", "100"));
  (void)put(f, f->user[1], f->spot, sell_limit("1", "100.5"));
  bourse_order_request r = buy_limit("1.5", "101");
  r.self_trade = mode;
  return put(f, f->user[0], f->spot, r);
}

TEST(self_trade_prevention) {
  fixture f;
  paper_order *maker, *taker = self_trade(&f, BOURSE_SELF_TRADE_CANCEL_MAKER, &maker);
  CHECK_INT(maker->status, BOURSE_ORDER_EXPIRED);
  CHECK_INT(maker->reason, PAPER_SELF_TRADE);
  CHECK_INT(taker->filled, qty("1"));
  CHECK_INT(taker->status, BOURSE_ORDER_OPEN);
  check_rest(&f);
  taker = self_trade(&f, BOURSE_SELF_TRADE_CANCEL_TAKER, &maker);
  CHECK_INT(maker->status, BOURSE_ORDER_OPEN);
  CHECK_INT(taker->status, BOURSE_ORDER_EXPIRED);
  CHECK_INT(taker->reason, PAPER_SELF_TRADE);
  CHECK_INT(taker->filled, 0);
  check_rest(&f);
  taker = self_trade(&f, BOURSE_SELF_TRADE_CANCEL_BOTH, &maker);
  CHECK_INT(maker->status, BOURSE_ORDER_EXPIRED);
  CHECK_INT(taker->status, BOURSE_ORDER_EXPIRED);
  CHECK_INT(taker->filled, 0);
  check_rest(&f);
  taker = self_trade(&f, BOURSE_SELF_TRADE_DECREMENT, &maker);
  CHECK_INT(maker->status, BOURSE_ORDER_EXPIRED);
  CHECK_INT(maker->prevented, qty("1"));
  CHECK_INT(taker->prevented, qty("1"));
  CHECK_INT(taker->filled, qty("0.5"));
  CHECK_INT(taker->status, BOURSE_ORDER_EXPIRED);
  check_rest(&f);
  taker = self_trade(&f, BOURSE_SELF_TRADE_ALLOW, &maker);
  CHECK_INT(maker->status, BOURSE_ORDER_FILLED);
  CHECK_INT(taker->status, BOURSE_ORDER_FILLED);
  check_rest(&f);
}

/* --- Lists --- */

TEST(one_cancels_the_other) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(quote(&f, f.spot, "99.5", "50", "100.5", "50"), BOURSE_OK);
  bourse__paper_set_last(f.engine, f.spot, px("100"));
  bourse_order_request above = sell_limit("10", "110"), below_it = sell_market("10");
  const bourse_order_request *pair[] = {&above, &below_it};
  below_it.stop_loss_price = dec("90");
  paper_list *list = NULL;
  CHECK_INT(bourse__paper_submit_list(&list, f.engine, f.user[0], f.spot, BOURSE_LIST_OCO, pair, 2, "pair"), BOURSE_OK);
  CHECK_MONEY(held(&f, f.user[0], 0, f.btc)->locked, "10"); /* held once */
  CHECK(bourse__paper_find_list(f.engine, f.user[0], 0, "pair") == list);
  CHECK_INT(print_at(&f, f.spot, BOURSE_SIDE_BUY, "110", "0.5"), BOURSE_OK);
  CHECK_INT(list->orders[0]->filled, qty("0.5"));
  CHECK_INT(list->orders[1]->status, BOURSE_ORDER_CANCELED);
  CHECK_INT(list->orders[1]->reason, PAPER_LIST);
  CHECK_MONEY(held(&f, f.user[0], 0, f.btc)->locked, "9.5");
  CHECK_INT(bourse__paper_submit_list(&list, f.engine, f.user[1], f.spot, BOURSE_LIST_OCO, pair, 2, NULL), BOURSE_OK);
  CHECK_INT(print_at(&f, f.spot, BOURSE_SIDE_SELL, "90", "1"), BOURSE_OK);
  CHECK_INT(list->orders[1]->status, BOURSE_ORDER_FILLED);
  CHECK_INT(list->orders[0]->status, BOURSE_ORDER_CANCELED);
  bourse__paper_set_last(f.engine, f.spot, px("100"));
  CHECK_INT(bourse__paper_submit_list(&list, f.engine, f.user[2], f.spot, BOURSE_LIST_OCO, pair, 2, NULL), BOURSE_OK);
  CHECK_INT(bourse__paper_cancel(f.engine, list->orders[0]), BOURSE_OK);
  CHECK_INT(list->orders[1]->status, BOURSE_ORDER_CANCELED);
  CHECK_MONEY(held(&f, f.user[2], 0, f.btc)->locked, "0");
  above.amount = dec("11");
  CHECK_INT(bourse__paper_submit_list(&list, f.engine, f.user[2], f.spot, BOURSE_LIST_OCO, pair, 2, NULL),
            BOURSE_ERROR_BAD_REQUEST);
  check_rest(&f);
}

TEST(one_triggers_others) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(quote(&f, f.spot, "99.5", "50", "100.5", "50"), BOURSE_OK);
  bourse__paper_set_last(f.engine, f.spot, px("100"));
  bourse_order_request first = buy_limit("1", "98"), take = sell_limit("0.9", "120"), stop = sell_market("0.9");
  const bourse_order_request *orders[] = {&first, &take, &stop};
  stop.stop_loss_price = dec("80");
  paper_list *list = NULL;
  CHECK_INT(bourse__paper_submit_list(&list, f.engine, f.user[0], f.spot, BOURSE_LIST_OTOCO, orders, 3, NULL),
            BOURSE_OK);
  CHECK_INT(list->orders[1]->status, BOURSE_ORDER_PENDING);
  CHECK_MONEY(held(&f, f.user[0], 0, f.btc)->locked, "0");
  CHECK_INT(print_at(&f, f.spot, BOURSE_SIDE_SELL, "98", "5"), BOURSE_OK);
  CHECK_INT(list->orders[0]->status, BOURSE_ORDER_FILLED);
  CHECK_INT(list->orders[1]->place, PAPER_ON_BOOK);
  CHECK_INT(list->orders[2]->status, BOURSE_ORDER_UNTRIGGERED);
  CHECK_MONEY(held(&f, f.user[0], 0, f.btc)->locked, "0.9");
  CHECK_INT(print_at(&f, f.spot, BOURSE_SIDE_SELL, "80", "1"), BOURSE_OK);
  CHECK_INT(list->orders[1]->status, BOURSE_ORDER_CANCELED);
  CHECK_INT(list->orders[2]->status, BOURSE_ORDER_FILLED);
  CHECK_INT(bourse__paper_submit_list(&list, f.engine, f.user[0], f.spot, BOURSE_LIST_OTOCO, orders, 3, NULL),
            BOURSE_OK);
  CHECK_INT(bourse__paper_cancel(f.engine, list->orders[2]), BOURSE_OK); /* all or nothing */
  CHECK_INT(list->orders[0]->status, BOURSE_ORDER_CANCELED);
  CHECK_INT(list->orders[1]->status, BOURSE_ORDER_CANCELED);
  check_rest(&f);
}

TEST(attached_orders_are_sized_by_what_was_received) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(quote(&f, f.spot, "99.5", "50", "100.5", "50"), BOURSE_OK);
  bourse__paper_set_last(f.engine, f.spot, px("100"));
  bourse_order_request r = buy_market("5");
  r.attached_stop_loss_trigger = dec("90");
  r.attached_take_profit_trigger = dec("110");
  r.attached_take_profit_price = dec("109.5");
  paper_order *order = put(&f, f.user[0], f.spot, r);
  CHECK(order != NULL && order->list != NULL);
  if (order != NULL && order->list != NULL) {
    const paper_order *stop = order->list->orders[1], *take = order->list->orders[2];
    CHECK_INT(stop->status, BOURSE_ORDER_UNTRIGGERED);
    CHECK_INT(stop->amount, qty("4.99")); /* 5 less 0.2 %, in whole steps */
    CHECK_INT(take->amount, qty("4.99"));
    CHECK_INT(print_at(&f, f.spot, BOURSE_SIDE_BUY, "110", "1"), BOURSE_OK);
    CHECK_INT(stop->status, BOURSE_ORDER_CANCELED);
    CHECK_INT(take->place, PAPER_ON_BOOK);
  }
  check_rest(&f);
}

/* --- Refusals --- */

TEST(refusals) {
  fixture f;
  fixture_open(&f);
  bourse_order_request r;
  REFUSED(spot, buy_market("1"), PAPER_NO_LIQUIDITY);
  CHECK_INT(quote(&f, f.spot, "99.5", "50", "100.5", "50"), BOURSE_OK);
  bourse__paper_set_last(f.engine, f.spot, px("100"));
  REFUSED(spot, buy_limit("1", "100.3"), PAPER_BAD_TICK);
  REFUSED(spot, buy_limit("1", "100.25"), PAPER_BAD_TICK);
  REFUSED(spot, buy_limit("1", "0"), PAPER_BAD_ARGUMENT);
  REFUSED(spot, buy_limit("1", "100000.5"), PAPER_PRICE_RANGE);
  REFUSED(spot, buy_limit("1.001", "100"), PAPER_BAD_STEP);
  REFUSED(spot, buy_limit("0.01", "1000"), PAPER_AMOUNT_MIN);
  REFUSED(spot, buy_limit("1000.01", "100"), PAPER_AMOUNT_MAX);
  REFUSED(spot, buy_limit("0.02", "200"), PAPER_COST_MIN);
  REFUSED(spot, buy_market("0.02"), PAPER_COST_MIN);
  REFUSED(spot, buy_limit("100.01", "100"), PAPER_NO_FUNDS);
  REFUSED(spot, sell_limit("10.01", "100"), PAPER_NO_FUNDS);
  REFUSED(spot, sell_market("10.01"), PAPER_NO_FUNDS);
  r = buy_market(NULL);
  REFUSED(spot, r, PAPER_BAD_ARGUMENT);
  r.cost = dec("10000.01");
  REFUSED(spot, r, PAPER_NO_FUNDS);
  r.amount = dec("1");
  REFUSED(spot, r, PAPER_BAD_ARGUMENT);
  r = buy_limit("1", "100.5");
  r.post_only = BOURSE_YES;
  REFUSED(spot, r, PAPER_WOULD_TAKE);
  r.time_in_force = BOURSE_IMMEDIATE_OR_CANCEL;
  REFUSED(spot, r, PAPER_BAD_ARGUMENT);
  r = buy_limit("51", "100.5");
  r.time_in_force = BOURSE_FILL_OR_KILL;
  REFUSED(spot, r, PAPER_UNFILLED);
  r = sell_market("1");
  r.stop_loss_price = dec("100");
  REFUSED(spot, r, PAPER_WOULD_TRIGGER);
  r.take_profit_price = dec("120");
  REFUSED(spot, r, PAPER_BAD_ARGUMENT);
  r = sell_market("1");
  r.trigger_price = dec("90");
  REFUSED(spot, r, PAPER_BAD_ARGUMENT); /* no direction */
  r = sell_market("1");
  r.trailing_percent = dec("100");
  REFUSED(spot, r, PAPER_BAD_ARGUMENT);
  r = sell_limit("1", "110");
  r.iceberg_amount = dec("2");
  REFUSED(spot, r, PAPER_BAD_ARGUMENT);
  r = sell_limit("1", "110");
  r.reduce_only = BOURSE_YES;
  REFUSED(spot, r, PAPER_UNSUPPORTED);
  REFUSED(perp, r, PAPER_REDUCE_ONLY);
  r.reduce_only = 0;
  r.position_side = BOURSE_POSITION_LONG;
  REFUSED(perp, r, PAPER_POSITION_MODE);
  r = buy_limit("1", "90");
  r.side = 0;
  REFUSED(spot, r, PAPER_BAD_ARGUMENT);
  r = buy_limit("1", "90");
  r.time_in_force = BOURSE_GOOD_TILL_DATE;
  REFUSED(spot, r, PAPER_BAD_ARGUMENT);
  r = buy_limit("1", "90");
  r.self_trade = BOURSE_SELF_TRADE_TRANSFER;
  REFUSED(spot, r, PAPER_UNSUPPORTED);
  check_rest(&f);
}

TEST(client_ids_are_used_once) {
  fixture f;
  paper_config config = fixture_config();
  for (int reusable = 0; reusable < 2; reusable++) {
    config.client_ids_reusable = reusable;
    CHECK_INT(fixture_open_with(&f, &config), BOURSE_OK);
    bourse_order_request r = buy_limit("1", "90");
    r.client_order_id = "mine";
    paper_order *order = put(&f, f.user[0], f.spot, r);
    CHECK(order != NULL && bourse__paper_find(f.engine, f.user[0], 0, "mine") == order);
    CHECK(bourse__paper_find(f.engine, f.user[1], 0, "mine") == NULL);
    CHECK(put(&f, f.user[1], f.spot, r) != NULL);
    REFUSED(spot, r, PAPER_DUPLICATE);
    CHECK_INT(bourse__paper_cancel(f.engine, order), BOURSE_OK);
    if (reusable)
      CHECK(put(&f, f.user[0], f.spot, r) != NULL);
    else
      REFUSED(spot, r, PAPER_DUPLICATE);
    check_rest(&f);
  }
}

TEST(too_many_orders_and_forgotten_ones) {
  fixture f;
  paper_config config = fixture_config();
  config.open_order_limit = 20;
  config.history_limit = 16;
  CHECK_INT(fixture_open_with(&f, &config), BOURSE_OK);
  paper_order *first = put(&f, f.user[0], f.spot, buy_limit("1", "90"));
  uint64_t id = first->id;
  for (int i = 1; i < 20; i++) CHECK(put(&f, f.user[0], f.spot, buy_limit("1", "90")) != NULL);
  REFUSED(spot, buy_limit("1", "90"), PAPER_TOO_MANY);
  const paper_account *account = bourse__paper_account(f.engine, f.user[0]);
  while (account->open.first != NULL) CHECK_INT(bourse__paper_cancel(f.engine, account->open.first), BOURSE_OK);
  CHECK_INT(account->closed_count, 16);
  CHECK(bourse__paper_find(f.engine, f.user[0], id, NULL) == NULL);
  CHECK(bourse__paper_find(f.engine, f.user[0], account->closed.first->id, NULL) == account->closed.first);
  check_rest(&f);
}

TEST(editing) {
  fixture f;
  fixture_open(&f);
  paper_order *first = put(&f, f.user[0], f.spot, buy_limit("2", "100"));
  paper_order *second = put(&f, f.user[1], f.spot, buy_limit("2", "100"));
  bourse_order_request change = BOURSE_ORDER_REQUEST_INIT;
  change.amount = dec("1");
  CHECK_INT(bourse__paper_edit(f.engine, first, &change), BOURSE_OK);
  CHECK_MONEY(held(&f, f.user[0], 0, f.usdt)->locked, "100");
  (void)put(&f, f.user[2], f.spot, sell_market("0.5"));
  CHECK_INT(first->filled, qty("0.5")); /* smaller keeps its place */
  change.amount = dec("3");
  CHECK_INT(bourse__paper_edit(f.engine, first, &change), BOURSE_OK);
  (void)put(&f, f.user[2], f.spot, sell_market("0.5"));
  CHECK_INT(second->filled, qty("0.5")); /* larger goes to the end */
  change.amount = dec("0.5");
  CHECK_INT(bourse__paper_edit(f.engine, first, &change), BOURSE_ERROR_INVALID_ORDER);
  change.amount = dec("150");
  CHECK_INT(bourse__paper_edit(f.engine, first, &change), BOURSE_ERROR_INSUFFICIENT_FUNDS);
  CHECK_INT(first->amount, qty("3"));
  change.amount = dec(NULL);
  CHECK_INT(bourse__paper_edit(f.engine, first, &change), BOURSE_ERROR_NO_CHANGE);
  change.price = dec("100.25");
  CHECK_INT(bourse__paper_edit(f.engine, first, &change), BOURSE_ERROR_INVALID_ORDER);
  change.price = dec("101");
  CHECK_INT(bourse__paper_edit(f.engine, first, &change), BOURSE_OK);
  CHECK_MONEY(held(&f, f.user[0], 0, f.usdt)->locked, "252.5");
  CHECK_INT(bourse__paper_best(bourse__paper_market(f.engine, f.spot), BOURSE_SIDE_BUY), px("101"));
  (void)put(&f, f.user[2], f.spot, sell_limit("5", "102"));
  change.price = dec("102"); /* now it takes */
  CHECK_INT(bourse__paper_edit(f.engine, first, &change), BOURSE_OK);
  CHECK_INT(first->status, BOURSE_ORDER_FILLED);
  CHECK_INT(bourse__paper_edit(f.engine, first, &change), BOURSE_ERROR_ORDER_NOT_FOUND);
  check_rest(&f);
}

TEST(latency_lets_orders_in_later) {
  fixture f;
  paper_config config = fixture_config();
  config.latency_ns = SECOND;
  CHECK_INT(fixture_open_with(&f, &config), BOURSE_OK);
  CHECK_INT(quote(&f, f.spot, "99.5", "50", "100.5", "50"), BOURSE_OK);
  bourse__paper_advance(f.engine, SECOND);
  paper_order *order = put(&f, f.user[0], f.spot, buy_market("1"));
  bourse_order_request post = buy_limit("1", "100.5");
  post.post_only = BOURSE_YES;
  paper_order *refused = put(&f, f.user[0], f.spot, post);
  CHECK_INT(order->status, BOURSE_ORDER_OPEN);
  CHECK_INT(order->filled, 0);
  bourse__paper_advance(f.engine, 2 * SECOND - 1);
  CHECK_INT(order->filled, 0);
  bourse__paper_advance(f.engine, 5 * SECOND);
  CHECK_INT(order->status, BOURSE_ORDER_FILLED);
  CHECK_INT(order->working_ns, 2 * SECOND);
  CHECK_INT(refused->status, BOURSE_ORDER_REJECTED);
  CHECK_INT(refused->reason, PAPER_WOULD_TAKE);
  check_rest(&f);
}

/* --- Futures --- */

static const paper_position *position(const fixture *f, uint32_t user, int slot) {
  return &bourse__paper_account(f->engine, user)->holdings[f->perp].slots[slot];
}

TEST(positions_open_close_and_turn) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(quote(&f, f.perp, "99.5", "500", "100", "500"), BOURSE_OK);
  (void)put(&f, f.user[0], f.perp, buy_market("10"));
  CHECK_INT(position(&f, f.user[0], PAPER_LONG)->size, qty("10"));
  CHECK_MONEY(position(&f, f.user[0], PAPER_LONG)->margin, "100"); /* 1000 at ten times */
  CHECK_MONEY(held(&f, f.user[0], 1, f.usdt)->total, "9998");      /* fee 0.2 % of 1000 */
  CHECK_INT(quote(&f, f.perp, "110", "500", "110.5", "500"), BOURSE_OK);
  (void)put(&f, f.user[0], f.perp, sell_market("4"));
  CHECK_MONEY(position(&f, f.user[0], PAPER_LONG)->realized, "40");
  CHECK_MONEY(position(&f, f.user[0], PAPER_LONG)->entry_cost, "600");
  CHECK_MONEY(held(&f, f.user[0], 1, f.usdt)->total, "10037.12"); /* + 40 - 0.88 */
  (void)put(&f, f.user[0], f.perp, sell_market("16"));            /* closes 6, opens 10 the other way */
  CHECK_INT(position(&f, f.user[0], PAPER_LONG)->size, 0);
  CHECK_INT(position(&f, f.user[0], PAPER_SHORT)->size, qty("10"));
  CHECK_MONEY(held(&f, f.user[0], 1, f.usdt)->margin, "110");
  CHECK_MONEY(held(&f, f.user[0], 1, f.usdt)->total, "10093.6"); /* + 60 - 3.52 */
  bourse_order_request r = buy_market("50");
  r.reduce_only = BOURSE_YES;
  paper_order *order = put(&f, f.user[0], f.perp, r);
  CHECK(order != NULL && order->filled == qty("10") && order->reason == PAPER_REDUCE_ONLY);
  CHECK_INT(position(&f, f.user[0], PAPER_LONG)->size, 0);
  CHECK_MONEY(held(&f, f.user[0], 1, f.usdt)->margin, "0");
  check_rest(&f);
}

TEST(hedge_mode_keeps_both_sides) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(quote(&f, f.perp, "99.5", "500", "100", "500"), BOURSE_OK);
  CHECK_INT(bourse__paper_set_hedged(f.engine, f.user[0], 1), BOURSE_OK);
  CHECK_INT(bourse__paper_set_hedged(f.engine, f.user[0], 1), BOURSE_ERROR_NO_CHANGE);
  REFUSED(perp, buy_market("1"), PAPER_POSITION_MODE);
  bourse_order_request buy = buy_market("3"), sell = sell_market("2");
  buy.position_side = BOURSE_POSITION_LONG;
  sell.position_side = BOURSE_POSITION_SHORT;
  CHECK(put(&f, f.user[0], f.perp, buy) != NULL);
  CHECK(put(&f, f.user[0], f.perp, sell) != NULL);
  CHECK_INT(position(&f, f.user[0], PAPER_LONG)->size, qty("3"));
  CHECK_INT(position(&f, f.user[0], PAPER_SHORT)->size, qty("2"));
  CHECK_INT(bourse__paper_set_hedged(f.engine, f.user[0], 0), BOURSE_ERROR_POSITION);
  buy.position_side = BOURSE_POSITION_SHORT; /* closes the short, at most */
  paper_order *order = put(&f, f.user[0], f.perp, buy);
  CHECK(order != NULL && order->filled == qty("2"));
  CHECK_INT(position(&f, f.user[0], PAPER_SHORT)->size, 0);
  CHECK_INT(position(&f, f.user[0], PAPER_LONG)->size, qty("3"));
  REFUSED(perp, buy, PAPER_REDUCE_ONLY);
  check_rest(&f);
}

TEST(closing_a_position_whole) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(quote(&f, f.perp, "99.5", "500", "100", "500"), BOURSE_OK);
  bourse__paper_set_mark(f.engine, f.perp, px("100"), px("100"));
  (void)put(&f, f.user[0], f.perp, buy_market("10"));
  bourse_order_request r = sell_market(NULL);
  r.close_position = BOURSE_YES;
  r.stop_loss_price = dec("90");
  r.trigger_by = BOURSE_PRICE_MARK;
  paper_order *stop = put(&f, f.user[0], f.perp, r);
  CHECK(stop != NULL && stop->status == BOURSE_ORDER_UNTRIGGERED);
  paper_order *resting = put(&f, f.user[0], f.perp, sell_limit("4", "120"));
  (void)put(&f, f.user[0], f.perp, buy_market("5"));
  bourse__paper_set_last(f.engine, f.perp, px("85")); /* the mark counts, not the last price */
  CHECK_INT(stop->status, BOURSE_ORDER_UNTRIGGERED);
  bourse__paper_set_mark(f.engine, f.perp, px("90"), 0);
  CHECK_INT(stop->status, BOURSE_ORDER_FILLED);
  CHECK_INT(stop->filled, qty("15"));
  CHECK_INT(resting->status, BOURSE_ORDER_OPEN);
  r = sell_market(NULL);
  r.close_position = BOURSE_YES;
  REFUSED(perp, r, PAPER_REDUCE_ONLY);
  check_rest(&f);
}

TEST(resting_reducers_go_with_the_position) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(quote(&f, f.perp, "99.5", "500", "100", "500"), BOURSE_OK);
  (void)put(&f, f.user[0], f.perp, buy_market("10"));
  bourse_order_request r = sell_limit("10", "120");
  r.reduce_only = BOURSE_YES;
  paper_order *order = put(&f, f.user[0], f.perp, r);
  CHECK_MONEY(order->locked, "0");
  (void)put(&f, f.user[0], f.perp, sell_market("10"));
  CHECK_INT(order->status, BOURSE_ORDER_EXPIRED);
  CHECK_INT(order->reason, PAPER_REDUCE_ONLY);
  check_rest(&f);
}

TEST(leverage_margin_and_its_limits) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(quote(&f, f.perp, "99.5", "5000", "100", "5000"), BOURSE_OK);
  CHECK_INT(bourse__paper_set_leverage(f.engine, f.user[0], f.perp, 21), BOURSE_ERROR_POSITION);
  CHECK_INT(bourse__paper_set_leverage(f.engine, f.user[0], f.perp, 10), BOURSE_ERROR_NO_CHANGE);
  CHECK_INT(bourse__paper_set_leverage(f.engine, f.user[0], f.spot, 2), BOURSE_ERROR_INVALID_ORDER);
  REFUSED(perp, buy_market("990"), PAPER_NO_FUNDS); /* 9900 margin and 198 fee */
  paper_order *order = put(&f, f.user[0], f.perp, buy_market("900"));
  CHECK(order != NULL && order->status == BOURSE_ORDER_FILLED);
  CHECK_INT(bourse__paper_set_leverage(f.engine, f.user[0], f.perp, 5), BOURSE_ERROR_INSUFFICIENT_FUNDS);
  CHECK_INT(bourse__paper_set_leverage(f.engine, f.user[0], f.perp, 20), BOURSE_OK);
  CHECK_MONEY(held(&f, f.user[0], 1, f.usdt)->margin, "4500");
  CHECK_INT(bourse__paper_set_isolated(f.engine, f.user[0], f.perp, 1), BOURSE_ERROR_POSITION);
  bourse__paper_set_mark(f.engine, f.perp, px("99"), 0); /* a loss of 900 is not free for new orders */
  CHECK_MONEY(bourse__paper_available(f.engine, f.user[0], 1, f.usdt), "4420");
  check_rest(&f);
}

TEST(joined_wallets_are_one) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(quote(&f, f.perp, "99.5", "5000", "100", "5000"), BOURSE_OK);
  bourse__paper_set_mark(f.engine, f.perp, px("100"), 0);
  paper_order *order = put(&f, f.user[0], f.spot, buy_limit("1", "50"));
  CHECK_INT(bourse__paper_join_wallets(f.engine, f.user[0]), BOURSE_ERROR_POSITION);
  CHECK_INT(bourse__paper_cancel(f.engine, order), BOURSE_OK);
  CHECK_INT(bourse__paper_join_wallets(f.engine, f.user[0]), BOURSE_OK);
  CHECK_MONEY(held(&f, f.user[0], 0, f.usdt)->total, "20000");
  CHECK_MONEY(held(&f, f.user[0], 1, f.usdt)->total, "0");
  (void)put(&f, f.user[0], f.perp, buy_market("100")); /* at ten times: 1000, and 20 of fees */
  CHECK_MONEY(held(&f, f.user[0], 0, f.usdt)->margin, "1000");
  CHECK_MONEY(held(&f, f.user[0], 0, f.usdt)->total, "19980");
  CHECK_MONEY(bourse__paper_available(f.engine, f.user[0], 0, f.usdt), "18980");
  bourse__paper_set_mark(f.engine, f.perp, px("90"), 0); /* the loss is not free for spot either */
  CHECK_MONEY(bourse__paper_available(f.engine, f.user[0], 0, f.usdt), "17980");
  CHECK(put(&f, f.user[0], f.spot, buy_limit("179", "100")) != NULL);
  CHECK_MONEY(bourse__paper_available(f.engine, f.user[0], 0, f.usdt), "80");
  (void)put(&f, f.user[1], f.perp, buy_market("10")); /* the others' are two still */
  CHECK_MONEY(held(&f, f.user[1], 1, f.usdt)->margin, "100");
  CHECK_MONEY(held(&f, f.user[1], 0, f.usdt)->margin, "0");
  check_rest(&f);
}

TEST(isolated_liquidation_takes_the_margin_only) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(bourse__paper_set_isolated(f.engine, f.user[0], f.perp, 1), BOURSE_OK);
  CHECK_INT(quote(&f, f.perp, "99.5", "500", "100", "500"), BOURSE_OK);
  bourse__paper_set_mark(f.engine, f.perp, px("100"), 0);
  (void)put(&f, f.user[0], f.perp, buy_market("10"));
  /* (1000 - 100) / (10 * 0.995) = 90.45... */
  CHECK_INT(bourse__paper_liquidation_price(f.engine, f.user[0], f.perp, PAPER_LONG), px("90.4"));
  bourse__paper_set_mark(f.engine, f.perp, px("90.5"), 0);
  CHECK_INT(position(&f, f.user[0], PAPER_LONG)->size, qty("10"));
  bourse__paper_set_mark(f.engine, f.perp, px("80"), 0);
  CHECK_INT(position(&f, f.user[0], PAPER_LONG)->size, 0);
  CHECK_MONEY(held(&f, f.user[0], 1, f.usdt)->total, "9898"); /* the fee of 2, the margin of 100 */
  const paper_order *last = bourse__paper_account(f.engine, f.user[0])->closed.last;
  CHECK_INT(last->reason, PAPER_LIQUIDATED);
  CHECK_INT(last->status, BOURSE_ORDER_FILLED);
  check_rest(&f);
}

TEST(cross_liquidation_takes_the_wallet_and_no_more) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(quote(&f, f.perp, "99.5", "5000", "100", "5000"), BOURSE_OK);
  bourse__paper_set_mark(f.engine, f.perp, px("100"), 0);
  (void)put(&f, f.user[0], f.perp, sell_market("900"));
  paper_order *order = put(&f, f.user[0], f.perp, sell_limit("1", "200"));
  int64_t edge = bourse__paper_liquidation_price(f.engine, f.user[0], f.perp, PAPER_SHORT);
  bourse__paper_set_mark(f.engine, f.perp, edge, 0);
  CHECK_INT(position(&f, f.user[0], PAPER_SHORT)->size, qty("900"));
  bourse__paper_set_mark(f.engine, f.perp, edge + 1, 0);
  CHECK_INT(position(&f, f.user[0], PAPER_SHORT)->size, 0);
  CHECK_INT(order->status, BOURSE_ORDER_CANCELED);
  (void)put(&f, f.user[1], f.perp, sell_market("900"));
  bourse__paper_set_mark(f.engine, f.perp, px("300"), 0);
  CHECK_MONEY(held(&f, f.user[1], 1, f.usdt)->total, "0");
  CHECK(bourse__paper_pools(f.engine, f.usdt)->insurance < 0);
  check_rest(&f);
}

/* --- The outside market, events, the ledger --- */

TEST(outside_depth_replaces_and_crosses) {
  fixture f;
  fixture_open(&f);
  const paper_market *market = bourse__paper_market(f.engine, f.spot);
  CHECK_INT(quote(&f, f.spot, "99", "1", "101", "1"), BOURSE_OK);
  paper_order *order = put(&f, f.user[0], f.spot, buy_limit("2", "100"));
  uint64_t update = market->update_id;
  CHECK_INT(quote(&f, f.spot, "99", "1", "101", "1"), BOURSE_OK);
  CHECK_INT(market->update_id, update); /* nothing changed, nothing said */
  CHECK_INT(quote(&f, f.spot, "98", "3", "99.5", "0.5"), BOURSE_OK);
  CHECK_INT(order->filled, qty("0.5"));
  CHECK_MONEY(order->cost_filled, "50"); /* at its own price */
  CHECK_INT(bourse__paper_best(market, BOURSE_SIDE_SELL), 0);
  CHECK_INT(quote(&f, f.spot, "100", "1", "100", "1"), BOURSE_ERROR_BAD_REQUEST);
  paper_quote endless = {px("99"), PAPER_ENDLESS};
  CHECK_INT(bourse__paper_outside_depth(f.engine, f.outside, f.spot, NULL, 0, &endless, 1), BOURSE_OK);
  CHECK_INT(order->status, BOURSE_ORDER_FILLED);
  CHECK(put(&f, f.user[1], f.spot, buy_market("100")) != NULL);
  CHECK_INT(bourse__paper_best(market, BOURSE_SIDE_SELL), px("99"));
  check_rest(&f);
}

TEST(outside_trades_fill_what_they_reach) {
  fixture f;
  fixture_open(&f);
  CHECK_INT(quote(&f, f.spot, "99", "1", "101", "1"), BOURSE_OK);
  paper_order *better = put(&f, f.user[0], f.spot, sell_limit("1", "100"));
  paper_order *equal = put(&f, f.user[1], f.spot, sell_limit("1", "102"));
  paper_order *beyond = put(&f, f.user[2], f.spot, sell_limit("1", "102.5"));
  CHECK_INT(print_at(&f, f.spot, BOURSE_SIDE_BUY, "102", "1.5"), BOURSE_OK);
  CHECK_INT(better->status, BOURSE_ORDER_FILLED);
  CHECK_MONEY(better->cost_filled, "100");
  CHECK_INT(equal->filled, qty("0.5"));
  CHECK_INT(beyond->filled, 0);
  CHECK_INT(bourse__paper_best(bourse__paper_market(f.engine, f.spot), BOURSE_SIDE_SELL), px("101")); /* untouched */
  check_rest(&f);
}

TEST(the_ledger_tells_every_change) {
  fixture f;
  fixture_open(&f);
  (void)put(&f, f.user[0], f.spot, sell_limit("1", "100"));
  (void)put(&f, f.user[1], f.spot, buy_market("1"));
  CHECK_INT(bourse__paper_move(f.engine, f.user[0], 0, 1, f.usdt, money("50")), BOURSE_OK);
  CHECK_INT(bourse__paper_move(f.engine, f.user[0], 0, 1, f.usdt, money("500000")), BOURSE_ERROR_LIMIT);
  CHECK_INT(bourse__paper_deposit(f.engine, f.user[0], 0, f.btc, -money("9.5"), "withdrawal"), BOURSE_ERROR_LIMIT);
  CHECK_INT(bourse__paper_deposit(f.engine, f.user[0], 0, f.btc, -money("8.5"), "withdrawal"), BOURSE_OK);
  const paper_account *account = bourse__paper_account(f.engine, f.user[0]);
  for (uint32_t w = 0; w < PAPER_WALLETS; w++)
    for (uint32_t c = 0; c < 2; c++) {
      paper_money sum = 0, last = 0;
      for (uint32_t i = 0; i < account->ledger.count; i++) {
        const paper_ledger *entry = bourse__paper_ring_at(&account->ledger, i);
        if (entry->wallet != w || entry->currency != c) continue;
        sum += entry->amount;
        last = entry->balance;
        CHECK(sum == last);
      }
      CHECK(last == held(&f, f.user[0], w, c)->total);
    }
  CHECK_INT(account->fills.count, 1);
  check_rest(&f);
}

TEST(a_book_is_rebuilt_from_its_events) {
  fixture f;
  uint64_t random = 5, update[2] = {0, 0};
  static int64_t book[2][2][300]; /* market, side, price in half dollars */
  memset(book, 0, sizeof book);
  fixture_open(&f);
  for (int step = 0; step < 2000; step++) {
    uint32_t market = below(&random, 2) == 0 ? f.spot : f.perp;
    paper_quote bid = {(190 + below(&random, 10)) * 5, 1 + below(&random, 50)};
    paper_quote ask = {(201 + below(&random, 10)) * 5, 1 + below(&random, 50)};
    bourse_order_request r = below(&random, 2) == 0 ? buy_limit(NULL, NULL) : sell_limit(NULL, NULL);
    r.price = bourse__paper_decimal((190 + below(&random, 20)) * 5, 1);
    r.amount = bourse__paper_decimal(10 + below(&random, 30), 2);
    if (below(&random, 4) == 0) r.iceberg_amount = dec("0.04");
    if (step % 3 == 0)
      (void)bourse__paper_outside_depth(f.engine, f.outside, market, &bid, 1, &ask, 1);
    else
      (void)put(&f, f.user[below(&random, USERS)], market, r);
    for (const paper_event *e; (e = bourse__paper_next_event(f.engine)) != NULL;) {
      if (e->kind != PAPER_EVENT_BOOK) continue;
      CHECK_INT(e->u.book.update_id, ++update[e->market]);
      book[e->market][e->u.book.side == BOURSE_SIDE_BUY ? 0 : 1][e->u.book.price / 5] = e->u.book.amount;
    }
  }
  for (uint32_t m = 0; m < 2; m++)
    for (int s = 0; s < 2; s++) {
      const paper_side *side = &bourse__paper_market(f.engine, m)->sides[s];
      uint32_t levels = 0;
      for (int i = 0; i < 300; i++) levels += book[m][s][i] != 0;
      CHECK_INT(levels, side->count);
      for (uint32_t i = 0; i < side->count; i++)
        CHECK_INT(book[m][s][side->levels[i].price / 5], side->levels[i].visible);
    }
  check_rest(&f);
}

TEST(units) {
  int64_t units;
  paper_money m;
  bourse_decimal value = dec("1.50");
  CHECK(bourse__paper_units(&units, &value, 1) && units == 15);
  CHECK(!bourse__paper_units(&units, &value, 0));
  value = dec("-3e2");
  CHECK(bourse__paper_units(&units, &value, 2) && units == -30000);
  value = dec("9223372036854775808");
  CHECK(!bourse__paper_units(&units, &value, 0));
  value = dec("1e-40");
  CHECK(!bourse__paper_to_money(&m, &value));
  value = dec("1e30");
  CHECK(!bourse__paper_to_money(&m, &value));
  value = dec("0e30");
  CHECK(bourse__paper_to_money(&m, &value) && m == 0);
  value = dec(NULL);
  CHECK(!bourse__paper_to_money(&m, &value));
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  static const char *const same[] = {"0", "1", "-1.5", "0.000000000000000001", "123456789.987654321", "1000"};
  for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
    value = bourse__paper_money_decimal(money(same[i]));
    (void)bourse_decimal_format(text, sizeof text, &value);
    CHECK_STR(text, same[i]);
  }
}

TEST(markets_that_could_not_be_exact_are_refused) {
  fixture f;
  fixture_open(&f);
  bourse_market m = f.about[0];
  paper_market_spec spec = {&m, 0, 1, 1, dec(NULL)};
  uint32_t index;
  m.price_tick = dec("0.00000000001");
  m.amount_step = dec("0.00000001");
  CHECK_INT(bourse__paper_add_market(&index, f.engine, &spec), BOURSE_ERROR_BAD_REQUEST);
  m = f.about[0];
  m.product = BOURSE_PRODUCT_INVERSE;
  CHECK_INT(bourse__paper_add_market(&index, f.engine, &spec), BOURSE_ERROR_INVALID_ORDER);
  m = f.about[0];
  m.price_tick = dec(NULL);
  CHECK_INT(bourse__paper_add_market(&index, f.engine, &spec), BOURSE_ERROR_BAD_REQUEST);
  m = f.about[0];
  m.base = "NEW";
  CHECK_INT(bourse__paper_add_market(&index, f.engine, &spec), BOURSE_OK); /* after accounts were made */
  CHECK_INT(index, 2);
  CHECK_MONEY(held(&f, f.user[0], 0, f.usdt)->total, "10000");
  check_rest(&f);
}

TEST_MAIN()
