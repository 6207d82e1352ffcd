/* The paper exchange through the public functions: settings, orders, futures, money, memory running out. */
#include "paper_bench.h"

/* --- Opening --- */

TEST(settings_are_checked) {
  static const bourse_param good[] = {{"seed", "18446744073709551615", 0, 0},
                                      {"feed", "synthetic", 0, 0},
                                      {"balance.USDT", "5000.5", 0, 0},
                                      {"balance.linear.USDT", "0", 0, 0},
                                      {"maker_fee", "-0.0001", 0, 0},
                                      {"taker_fee", "0.00075", 0, 0},
                                      {"latency_ms", "20", 0, 0}};
  static const bourse_param bad[] = {{"seed", "-1", 0, 0},
                                     {"seed", "18446744073709551616", 0, 0},
                                     {"seed", "", 0, 0},
                                     {"feed", "Host", 0, 0},
                                     {"balance.USDT", "-1", 0, 0},
                                     {"balance.USDT", "many", 0, 0},
                                     {"balance.EUR", "1", 0, 0},
                                     {"balance.", "1", 0, 0},
                                     {"maker_fee", "0.123456789", 0, 0},
                                     {"taker_fee", "-0.01", 0, 0},
                                     {"taker_fee", "0.2", 0, 0},
                                     {"latency_ms", "600001", 0, 0},
                                     {"latency_ms", "1.5", 0, 0},
                                     {"colour", "blue", 0, 0},
                                     {"balance.BTC", "1e16", 0, 0}};
  bench b;
  CHECK_INT(bench_open_with(&b, NULL, good, sizeof good / sizeof good[0], 0), BOURSE_OK);
  BALANCE(BOURSE_WALLET_SPOT, "USDT", "5000.5", "0");
  BALANCE(BOURSE_WALLET_LINEAR, "USDT", "0", "0");
  bench_close(&b);
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    if (bench_open_with(&b, NULL, &bad[i], 1, 0) != BOURSE_ERROR_ARGUMENT)
      TEST_FAIL("%s = %s was taken", bad[i].name, bad[i].value);
    else if (strstr(bourse_context_error(b.context)->message, bad[i].name) == NULL)
      TEST_FAIL("%s is not named: %s", bad[i].name, bourse_context_error(b.context)->message);
    bench_close(&b);
  }
}

TEST(the_usual_balances_and_fees) {
  bench b;
  bench_open(&b);
  BALANCE(BOURSE_WALLET_SPOT, "USDT", "100000", "0");
  BALANCE(BOURSE_WALLET_SPOT, "BTC", "1", "0");
  BALANCE(0, "ETH", "10", "0");
  BALANCE(BOURSE_WALLET_LINEAR, "USDT", "100000", "0");
  bourse_request r = about(BOURSE_OP_FETCH_TRADING_FEE, PERP);
  bourse_result *result = RUN(r);
  const bourse_fee *fee = bourse_result_fee(result, 0);
  CHECK_DEC(fee->maker, "0.0002");
  CHECK_DEC(fee->taker, "0.0005");
  bourse_result_free(result);
  r = about(BOURSE_OP_FETCH_DEPOSITS, NULL);
  result = RUN(r);
  CHECK_INT(bourse_result_count(result), 4);
  bourse_result_free(result);
  bench_close(&b);
}

/* --- Orders on spot, prices from here --- */

TEST(an_order_from_placing_to_the_ledger) {
  bench b;
  bench_open_host(&b);
  CHECK_INT(quote(&b, BTC, "60000", "60001"), BOURSE_OK);
  bourse_order_request order = order_of(BTC, BOURSE_SIDE_BUY, "0.5", "60000.5");
  order.client_order_id = "first";
  bourse_result *r = PLACE(order);
  const bourse_order *o = bourse_result_order(r, 0);
  CHECK_STR(o->client_order_id, "first");
  CHECK_STR(o->symbol, BTC);
  CHECK_STR(o->native_type, "limit");
  CHECK_INT(o->status, BOURSE_ORDER_OPEN);
  CHECK_INT(o->time_in_force, BOURSE_GOOD_TILL_CANCELED);
  CHECK_INT(o->realization, BOURSE_NATIVE);
  CHECK_DEC(o->remaining, "0.5");
  CHECK_INT(bourse_result_outcome(r), BOURSE_OUTCOME_EXECUTED);
  bourse_result_free(r);
  BALANCE(0, "USDT", "100000", "30000.25");
  REFUSED(order, BOURSE_ERROR_DUPLICATE_ORDER);
  b.now_ns += SECOND;
  CHECK_INT(trade(&b, BTC, BOURSE_SIDE_SELL, "60000.5", "0.2"), BOURSE_OK);
  b.now_ns += SECOND;
  CHECK_INT(quote(&b, BTC, "59990", "60000.5"), BOURSE_OK);
  CHECK_INT(bourse_fetch_order(&r, b.exchange, BTC, NULL, "first"), BOURSE_OK);
  o = bourse_result_order(r, 0);
  CHECK_INT(o->status, BOURSE_ORDER_FILLED);
  CHECK_DEC(o->average, "60000.5");
  CHECK_DEC(o->cost, "30000.25");
  CHECK_DEC(o->fee, "0.0005");
  CHECK_STR(o->fee_currency, "BTC");
  CHECK_INT(o->fill_count, 2);
  CHECK(bourse_order_fill(o, 1) != NULL && equals(&bourse_order_fill(o, 1)->amount, "0.3"));
  bourse_result_free(r);
  BALANCE(0, "USDT", "69999.75", "0");
  BALANCE(0, "BTC", "1.4995", "0");
  bourse_request q = about(BOURSE_OP_FETCH_MY_TRADES, BTC);
  r = RUN(q);
  CHECK_INT(bourse_result_count(r), 2);
  const bourse_fill *fill = bourse_result_fill(r, 0);
  CHECK_INT(fill->time_ns, START + SECOND);
  CHECK_INT(fill->role, BOURSE_MAKER);
  CHECK_DEC(fill->cost, "12000.1");
  char order_id[32];
  (void)snprintf(order_id, sizeof order_id, "%s", fill->order_id);
  bourse_result_free(r);
  q = about(BOURSE_OP_FETCH_ORDER_TRADES, BTC);
  q.order_id = order_id;
  r = RUN(q);
  CHECK_INT(bourse_result_count(r), 2);
  bourse_result_free(r);
  q = about(BOURSE_OP_FETCH_LEDGER, NULL);
  q.currency = "USDT";
  q.wallet = BOURSE_WALLET_SPOT;
  r = RUN(q);
  CHECK_INT(bourse_result_count(r), 3);
  CHECK_DEC(bourse_result_ledger_entry(r, 2)->balance, "69999.75");
  CHECK_STR(bourse_result_ledger_entry(r, 2)->kind, "trade");
  bourse_result_free(r);
  bench_close(&b);
}

TEST(refusals_have_their_codes) {
  bench b;
  bench_open_host(&b);
  bourse_order_request order = order_of(BTC, BOURSE_SIDE_BUY, "0.1", NULL);
  REFUSED(order, BOURSE_ERROR_NO_LIQUIDITY);
  CHECK_INT(quote(&b, BTC, "60000", "60001"), BOURSE_OK);
  CHECK_INT(trade(&b, BTC, BOURSE_SIDE_BUY, "60001", "0.1"), BOURSE_OK);
  order = order_of(BTC, BOURSE_SIDE_BUY, "2", "60000");
  REFUSED(order, BOURSE_ERROR_INSUFFICIENT_FUNDS);
  CHECK(strstr(bourse_context_error(b.context)->message, "USDT") != NULL);
  order = order_of(BTC, BOURSE_SIDE_SELL, "1.1", NULL);
  REFUSED(order, BOURSE_ERROR_INSUFFICIENT_FUNDS);
  order = order_of(BTC, BOURSE_SIDE_BUY, "0.1", "60001");
  order.post_only = BOURSE_YES;
  REFUSED(order, BOURSE_ERROR_POST_ONLY);
  order = order_of(BTC, BOURSE_SIDE_BUY, "0.1", "59000");
  order.time_in_force = BOURSE_FILL_OR_KILL;
  REFUSED(order, BOURSE_ERROR_UNFILLED);
  order = order_of(BTC, BOURSE_SIDE_SELL, "0.1", NULL);
  order.stop_loss_price = dec("60001");
  REFUSED(order, BOURSE_ERROR_WOULD_TRIGGER);
  order = order_of(BTC, BOURSE_SIDE_BUY, "0.1", "60000.001");
  REFUSED(order, BOURSE_ERROR_PRECISION);
  order = order_of(BTC, BOURSE_SIDE_BUY, "0.00001", "60000");
  REFUSED(order, BOURSE_ERROR_LIMIT);
  order = order_of(BTC, BOURSE_SIDE_BUY, "0.1", "60000");
  order.borrow = BOURSE_BORROW_AUTO;
  order.margin_mode = 0;
  REFUSED(order, BOURSE_ERROR_INVALID_ORDER);
  order = order_of(PERP, BOURSE_SIDE_BUY, "0.1", "60000");
  order.reduce_only = BOURSE_YES;
  REFUSED(order, BOURSE_ERROR_REDUCE_ONLY);
  order.reduce_only = 0;
  order.position_side = BOURSE_POSITION_LONG;
  REFUSED(order, BOURSE_ERROR_POSITION);
  bourse_result *r = NULL;
  CHECK_INT(bourse_cancel_order(&r, b.exchange, BTC, "12345", NULL), BOURSE_ERROR_ORDER_NOT_FOUND);
  CHECK_INT(bourse_fetch_order(&r, b.exchange, BTC, NULL, "never"), BOURSE_ERROR_ORDER_NOT_FOUND);
  CHECK_INT(bourse_fetch_order(&r, b.exchange, BTC, "12a", NULL), BOURSE_ERROR_ORDER_NOT_FOUND);
  bourse_request q = about(BOURSE_OP_FETCH_TICKER, BTC);
  static const bourse_param own = {"x", "y", 0, 0};
  q.params = &own;
  q.param_count = 1;
  FAILS(q, BOURSE_ERROR_UNSUPPORTED);
  BALANCE(0, "USDT", "100000", "0");
  bench_close(&b);
}

TEST(editing_cancelling_and_listing) {
  bench b;
  bench_open_host(&b);
  CHECK_INT(quote(&b, BTC, "60000", "60001"), BOURSE_OK);
  CHECK_INT(trade(&b, BTC, BOURSE_SIDE_BUY, "60001", "0.1"), BOURSE_OK);
  bourse_result *r;
  static const char *const ids[] = {"a", "b", "c", "d"};
  for (int i = 0; i < 4; i++) {
    bourse_order_request order = order_of(i == 3 ? "ETH/USDT" : BTC, BOURSE_SIDE_BUY, "0.1", i == 3 ? "3000" : "50000");
    order.client_order_id = ids[i];
    if (i == 2) order.take_profit_price = dec("55000");
    b.now_ns += SECOND;
    bourse_result_free(PLACE(order));
  }
  bourse_order_request change = order_of(BTC, BOURSE_SIDE_BUY, "0.2", "51000");
  const bourse_order_request *changes = &change;
  bourse_request q = about(BOURSE_OP_EDIT_ORDER, NULL);
  q.orders = &changes;
  q.order_count = 1;
  q.client_order_id = "a";
  r = RUN(q);
  CHECK_DEC(bourse_result_order(r, 0)->price, "51000");
  CHECK_DEC(bourse_result_order(r, 0)->amount, "0.2");
  bourse_result_free(r);
  BALANCE(0, "USDT", "100000", "20500");
  change.side = BOURSE_SIDE_SELL;
  FAILS(q, BOURSE_ERROR_INVALID_ORDER);
  CHECK_INT(bourse_fetch_open_orders(&r, b.exchange, NULL), BOURSE_OK);
  CHECK_INT(bourse_result_count(r), 4);
  bourse_result_free(r);
  q = about(BOURSE_OP_FETCH_OPEN_ORDERS, BTC);
  q.trigger = BOURSE_YES;
  r = RUN(q);
  CHECK_INT(bourse_result_count(r), 1);
  CHECK_DEC(bourse_result_order(r, 0)->take_profit_price, "55000");
  CHECK_INT(bourse_result_order(r, 0)->conditional, BOURSE_YES);
  bourse_result_free(r);
  q = about(BOURSE_OP_FETCH_ORDERS, NULL);
  q.limit = 2;
  r = RUN(q); /* the newest two, oldest first */
  CHECK_INT(bourse_result_count(r), 2);
  CHECK_STR(bourse_result_order(r, 0)->client_order_id, "c");
  bourse_result_free(r);
  q.since_ns = START + 2 * SECOND;
  r = RUN(q);
  CHECK_STR(bourse_result_order(r, 0)->client_order_id, "b");
  bourse_result_free(r);
  static const char *const some[] = {"b", "nobody"};
  q = about(BOURSE_OP_CANCEL_ORDERS, BTC);
  q.client_order_ids = some;
  q.client_order_id_count = 2;
  r = RUN(q);
  CHECK_INT(bourse_result_order(r, 0)->status, BOURSE_ORDER_CANCELED);
  CHECK_INT(bourse_result_order(r, 0)->error, 0);
  CHECK_INT(bourse_result_order(r, 1)->error, BOURSE_ERROR_ORDER_NOT_FOUND);
  CHECK_INT(bourse_result_order(r, 1)->outcome, BOURSE_OUTCOME_REJECTED);
  bourse_result_free(r);
  CHECK_INT(bourse_cancel_all_orders(&r, b.exchange, BTC), BOURSE_OK);
  CHECK_INT(bourse_result_count(r), 2);
  bourse_result_free(r);
  q = about(BOURSE_OP_FETCH_CANCELED_ORDERS, BTC);
  r = RUN(q);
  CHECK_INT(bourse_result_count(r), 3);
  bourse_result_free(r);
  q = about(BOURSE_OP_CANCEL_ALL_ORDERS_AFTER, NULL);
  q.timer_ms = 5000;
  r = RUN(q);
  CHECK_INT(bourse_result_receipt(r, 0)->due_ns, b.now_ns + 5 * SECOND);
  bourse_result_free(r);
  b.now_ns += 5 * SECOND;
  CHECK_INT(bourse_fetch_open_orders(&r, b.exchange, NULL), BOURSE_OK);
  CHECK_INT(bourse_result_count(r), 0);
  bourse_result_free(r);
  BALANCE(0, "USDT", "100000", "0");
  bench_close(&b);
}

TEST(batches_tell_the_fate_of_each) {
  bench b;
  bench_open_host(&b);
  CHECK_INT(quote(&b, BTC, "60000", "60001"), BOURSE_OK);
  bourse_order_request one = order_of(BTC, BOURSE_SIDE_BUY, "0.1", "59000"),
                       two = order_of(BTC, BOURSE_SIDE_BUY, "9", "59000"),
                       three = order_of("ETH/USDT", BOURSE_SIDE_BUY, "0.1", "3000");
  const bourse_order_request *orders[] = {&one, &two, &three};
  bourse_request q = about(BOURSE_OP_CREATE_ORDERS, NULL);
  q.orders = orders;
  q.order_count = 3;
  bourse_result *r = RUN(q);
  CHECK_INT(bourse_result_count(r), 3);
  CHECK_INT(bourse_result_order(r, 0)->outcome, BOURSE_OUTCOME_EXECUTED);
  CHECK_INT(bourse_result_order(r, 1)->error, BOURSE_ERROR_INSUFFICIENT_FUNDS);
  CHECK_STR(bourse_result_order(r, 1)->error_code, "insufficient_funds");
  CHECK(bourse_result_order(r, 1)->client_order_id != NULL);
  CHECK_INT(bourse_result_order(r, 2)->status, BOURSE_ORDER_OPEN);
  CHECK_STR(bourse_result_order(r, 2)->symbol, "ETH/USDT");
  bourse_result_free(r);
  one.test = BOURSE_YES;
  r = PLACE(one);
  CHECK_STR(bourse_result_order(r, 0)->native_status, "tested");
  CHECK(bourse_result_order(r, 0)->id == NULL);
  bourse_result_free(r);
  BALANCE(0, "USDT", "100000", "6200");
  bench_close(&b);
}

TEST(order_lists) {
  bench b;
  bench_open_host(&b);
  CHECK_INT(quote(&b, BTC, "60000", "60001"), BOURSE_OK);
  CHECK_INT(trade(&b, BTC, BOURSE_SIDE_BUY, "60001", "0.1"), BOURSE_OK);
  bourse_order_request take = order_of(BTC, BOURSE_SIDE_SELL, "0.5", "65000"),
                       stop = order_of(BTC, BOURSE_SIDE_SELL, "0.5", NULL);
  stop.stop_loss_price = dec("55000");
  const bourse_order_request *orders[] = {&take, &stop};
  bourse_request q = about(BOURSE_OP_CREATE_ORDER_LIST, NULL);
  q.orders = orders;
  q.order_count = 2;
  q.list_kind = BOURSE_LIST_OCO;
  q.client_order_id = "pair";
  bourse_result *r = RUN(q);
  CHECK_INT(bourse_result_count(r), 2);
  CHECK_INT(bourse_result_order(r, 1)->status, BOURSE_ORDER_UNTRIGGERED);
  CHECK_STR(bourse_result_order(r, 1)->list_client_id, "pair");
  CHECK_INT(bourse_result_order(r, 0)->list_kind, BOURSE_LIST_OCO);
  bourse_result_free(r);
  BALANCE(0, "BTC", "1", "0.5");
  bourse_request open = about(BOURSE_OP_FETCH_OPEN_ORDER_LISTS, NULL);
  r = RUN(open);
  CHECK_INT(bourse_result_count(r), 2);
  bourse_result_free(r);
  CHECK_INT(trade(&b, BTC, BOURSE_SIDE_SELL, "55000", "0.1"), BOURSE_OK);
  bourse_request one = about(BOURSE_OP_FETCH_ORDER_LIST, BTC);
  one.client_order_id = "pair";
  r = RUN(one);
  CHECK_INT(bourse_result_order(r, 0)->status, BOURSE_ORDER_CANCELED);
  CHECK_STR(bourse_result_order(r, 0)->reason, "order_list");
  CHECK_INT(bourse_result_order(r, 1)->status, BOURSE_ORDER_FILLED);
  bourse_result_free(r);
  r = RUN(open);
  CHECK_INT(bourse_result_count(r), 0);
  bourse_result_free(r);
  one.operation = BOURSE_OP_CANCEL_ORDER_LIST;
  FAILS(one, BOURSE_ERROR_ORDER_NOT_FOUND);
  bench_close(&b);
}

TEST(orders_sized_by_what_another_received) {
  bench b;
  bench_open_host(&b);
  CHECK_INT(quote(&b, BTC, "60000", "60001"), BOURSE_OK);
  CHECK_INT(trade(&b, BTC, BOURSE_SIDE_BUY, "60001", "0.1"), BOURSE_OK);
  bourse_order_request order = order_of(BTC, BOURSE_SIDE_BUY, "0.1", NULL);
  order.attached_stop_loss_trigger = dec("55000");
  order.attached_take_profit_trigger = dec("65000");
  bourse_result *r = PLACE(order);
  CHECK_INT(bourse_result_order(r, 0)->status, BOURSE_ORDER_FILLED);
  bourse_result_free(r);
  CHECK_INT(bourse_fetch_open_orders(&r, b.exchange, BTC), BOURSE_OK);
  CHECK_INT(bourse_result_count(r), 2);
  CHECK_DEC(bourse_result_order(r, 0)->amount, "0.0999");
  CHECK_DEC(bourse_result_order(r, 1)->take_profit_price, "65000");
  bourse_result_free(r);
  bourse_order_request first = order_of(BTC, BOURSE_SIDE_BUY, "0.1", "60001"),
                       second = order_of(BTC, BOURSE_SIDE_SELL, "0.1", "70000");
  const bourse_order_request *orders[] = {&first, &second};
  bourse_request q = about(BOURSE_OP_CREATE_ORDER_LIST, NULL);
  q.orders = orders;
  q.order_count = 2;
  q.list_kind = BOURSE_LIST_OPO;
  r = RUN(q);
  CHECK_DEC(bourse_result_order(r, 1)->amount, "0.0999");
  CHECK_INT(bourse_result_order(r, 1)->status, BOURSE_ORDER_OPEN);
  bourse_result_free(r);
  bourse_request wallet = about(BOURSE_OP_FETCH_BALANCES, NULL);
  wallet.wallet = BOURSE_WALLET_EARN;
  FAILS(wallet, BOURSE_ERROR_UNSUPPORTED);
  bench_close(&b);
}

TEST(latency_delays_the_match) {
  static const bourse_param settings[] = {{"feed", "host", 0, 0}, {"latency_ms", "250", 0, 0}};
  bench b;
  CHECK_INT(bench_open_with(&b, NULL, settings, 2, 0), BOURSE_OK);
  CHECK_INT(quote(&b, BTC, "60000", "60001"), BOURSE_OK);
  bourse_order_request order = order_of(BTC, BOURSE_SIDE_BUY, "0.1", NULL);
  order.client_order_id = "slow";
  bourse_result *r = PLACE(order);
  CHECK_INT(bourse_result_order(r, 0)->status, BOURSE_ORDER_OPEN);
  bourse_result_free(r);
  b.now_ns += 249 * SECOND / 1000;
  CHECK_INT(quote(&b, BTC, "61000", "61001"), BOURSE_OK);
  b.now_ns += SECOND;
  CHECK_INT(bourse_fetch_order(&r, b.exchange, BTC, NULL, "slow"), BOURSE_OK);
  CHECK_DEC(bourse_result_order(r, 0)->average, "61001");
  CHECK_INT(bourse_result_order(r, 0)->working_ns, START + 250 * SECOND / 1000);
  bourse_result_free(r);
  bench_close(&b);
}

/* --- Futures and wallets --- */

TEST(a_futures_position) {
  bench b;
  bench_open_host(&b);
  CHECK_INT(quote(&b, PERP, "60000", "60000.1"), BOURSE_OK);
  bourse_request q = about(BOURSE_OP_SET_LEVERAGE, PERP);
  q.leverage = dec("10");
  bourse_result *r = RUN(q);
  CHECK_INT(bourse_result_receipt(r, 0)->unchanged, BOURSE_NO);
  bourse_result_free(r);
  r = RUN(q);
  CHECK_INT(bourse_result_receipt(r, 0)->unchanged, BOURSE_YES);
  bourse_result_free(r);
  q.leverage = dec("126");
  FAILS(q, BOURSE_ERROR_POSITION);
  q.leverage = dec("2.5");
  FAILS(q, BOURSE_ERROR_POSITION);
  q = about(BOURSE_OP_SET_MARGIN_MODE, PERP);
  q.margin_mode = BOURSE_MARGIN_ISOLATED;
  bourse_result_free(RUN(q));
  bourse_order_request order = order_of(PERP, BOURSE_SIDE_BUY, NULL, NULL);
  order.contracts = dec("1.5");
  r = PLACE(order);
  CHECK_DEC(bourse_result_order(r, 0)->filled_contracts, "1.5");
  CHECK_INT(bourse_result_order(r, 0)->margin_mode, BOURSE_MARGIN_ISOLATED);
  CHECK_STR(bourse_result_order(r, 0)->fee_currency, "USDT");
  CHECK_DEC(bourse_result_order(r, 0)->fee, "45.000075");
  bourse_result_free(r);
  CHECK_INT(quote(&b, PERP, "61000", "61000.2"), BOURSE_OK);
  q = about(BOURSE_OP_FETCH_POSITION, PERP);
  r = RUN(q);
  const bourse_position *p = bourse_result_position(r, 0);
  CHECK_INT(p->side, BOURSE_POSITION_LONG);
  CHECK_DEC(p->amount, "1.5");
  CHECK_DEC(p->entry_price, "60000.1");
  CHECK_DEC(p->mark_price, "61000.1");
  CHECK_DEC(p->unrealized_pnl, "1500");
  CHECK_DEC(p->margin, "9000.015");
  CHECK_DEC(p->leverage, "10");
  CHECK(bourse_decimal_is_present(&p->liquidation_price));
  bourse_result_free(r);
  BALANCE(BOURSE_WALLET_LINEAR, "USDT", "99954.999925", "9000.015");
  q = about(BOURSE_OP_CLOSE_POSITION, PERP);
  r = RUN(q);
  CHECK_INT(bourse_result_order(r, 0)->status, BOURSE_ORDER_FILLED);
  CHECK_INT(bourse_result_order(r, 0)->side, BOURSE_SIDE_SELL);
  CHECK(bourse_result_order(r, 0)->fill_count == 1 &&
        equals(&bourse_result_order(r, 0)->fills[0].realized_pnl, "1499.85"));
  bourse_result_free(r);
  FAILS(q, BOURSE_ERROR_REDUCE_ONLY);
  q = about(BOURSE_OP_FETCH_POSITION, PERP);
  r = RUN(q);
  CHECK_INT(bourse_result_position(r, 0)->side, BOURSE_UNSET);
  CHECK_DEC(bourse_result_position(r, 0)->amount, "0");
  bourse_result_free(r);
  bench_close(&b);
}

TEST(hedge_mode_and_liquidation) {
  bench b;
  bench_open_host(&b);
  CHECK_INT(quote(&b, PERP, "60000", "60000.1"), BOURSE_OK);
  bourse_request q = about(BOURSE_OP_SET_POSITION_MODE, NULL);
  q.product = BOURSE_PRODUCT_LINEAR;
  q.hedged = BOURSE_YES;
  bourse_result_free(RUN(q));
  q = about(BOURSE_OP_FETCH_POSITION_MODE, NULL);
  q.product = BOURSE_PRODUCT_LINEAR;
  bourse_result *r = RUN(q);
  CHECK_INT(bourse_result_leverage(r, 0)->hedged, BOURSE_YES);
  bourse_result_free(r);
  q = about(BOURSE_OP_SET_MARGIN_MODE, PERP);
  q.margin_mode = BOURSE_MARGIN_ISOLATED;
  bourse_result_free(RUN(q));
  for (int32_t side = BOURSE_SIDE_BUY; side <= BOURSE_SIDE_SELL; side++) {
    bourse_order_request order = order_of(PERP, side, "1", NULL);
    order.position_side = side == BOURSE_SIDE_BUY ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
    bourse_result_free(PLACE(order));
  }
  q = about(BOURSE_OP_FETCH_POSITIONS, NULL);
  q.product = BOURSE_PRODUCT_LINEAR;
  r = RUN(q);
  CHECK_INT(bourse_result_count(r), 2);
  CHECK_INT(bourse_result_position(r, 1)->side, BOURSE_POSITION_SHORT);
  CHECK_INT(bourse_result_position(r, 1)->hedged, BOURSE_YES);
  bourse_result_free(r);
  bourse_request close = about(BOURSE_OP_CLOSE_POSITION, PERP);
  FAILS(close, BOURSE_ERROR_BAD_REQUEST);
  CHECK_INT(quote(&b, PERP, "50000", "50000.1"), BOURSE_OK);
  r = RUN(q);
  CHECK_INT(bourse_result_count(r), 1);
  CHECK_INT(bourse_result_position(r, 0)->side, BOURSE_POSITION_SHORT);
  bourse_result_free(r);
  q = about(BOURSE_OP_FETCH_MY_LIQUIDATIONS, PERP);
  r = RUN(q);
  CHECK_INT(bourse_result_count(r), 1);
  CHECK_STR(bourse_result_order(r, 0)->native_type, "liquidation");
  bourse_result_free(r);
  close.position_side = BOURSE_POSITION_SHORT;
  bourse_result_free(RUN(close));
  bench_close(&b);
}

TEST(money_moves) {
  bench b;
  static const bourse_param settings[] = {{"feed", "host", 0, 0}};
  CHECK_INT(bench_open_with(&b, NULL, settings, 1, 1), BOURSE_OK);
  bourse_request q = about(BOURSE_OP_TRANSFER, NULL);
  q.currency = "USDT";
  q.amount = dec("2500");
  q.from_wallet = BOURSE_WALLET_SPOT;
  q.to_wallet = BOURSE_WALLET_LINEAR;
  bourse_result_free(RUN(q));
  BALANCE(BOURSE_WALLET_SPOT, "USDT", "97500", "0");
  BALANCE(BOURSE_WALLET_LINEAR, "USDT", "102500", "0");
  q.amount = dec("97500.01");
  FAILS(q, BOURSE_ERROR_INSUFFICIENT_FUNDS);
  q.to_wallet = BOURSE_WALLET_SPOT;
  FAILS(q, BOURSE_ERROR_BAD_REQUEST);
  q.to_wallet = BOURSE_WALLET_EARN;
  FAILS(q, BOURSE_ERROR_UNSUPPORTED);
  q = about(BOURSE_OP_FETCH_TRANSFERS, NULL);
  bourse_result *r = RUN(q);
  CHECK_INT(bourse_result_count(r), 1);
  CHECK_INT(bourse_result_transfer(r, 0)->to, BOURSE_WALLET_LINEAR);
  bourse_result_free(r);
  q = about(BOURSE_OP_FETCH_DEPOSIT_ADDRESS, NULL);
  q.currency = "BTC";
  r = RUN(q);
  CHECK(strncmp(bourse_result_deposit_address(r, 0)->address, "paper-", 6) == 0);
  char address[80];
  (void)snprintf(address, sizeof address, "%s", bourse_result_deposit_address(r, 0)->address);
  bourse_result_free(r);
  q = about(BOURSE_OP_WITHDRAW, NULL);
  q.currency = "BTC";
  q.amount = dec("0.25");
  q.address = address;
  r = RUN(q);
  CHECK_INT(bourse_result_transaction(r, 0)->direction, BOURSE_WITHDRAWAL);
  CHECK_STR(bourse_result_transaction(r, 0)->address, address);
  bourse_result_free(r);
  BALANCE(0, "BTC", "0.75", "0");
  q.amount = dec("0.76");
  FAILS(q, BOURSE_ERROR_INSUFFICIENT_FUNDS);
  q.amount = dec("0.1");
  q.network = "ERC20";
  FAILS(q, BOURSE_ERROR_BAD_REQUEST);
  bourse_decimal amount = dec("1.5"), less = dec("-3");
  CHECK_INT(bourse_paper_deposit(b.exchange, "BTC", &amount), BOURSE_OK);
  CHECK_INT(bourse_paper_deposit(b.exchange, "BTC", &less), BOURSE_ERROR_LIMIT);
  CHECK_INT(bourse_paper_deposit(b.exchange, "EUR", &amount), BOURSE_ERROR_UNKNOWN_SYMBOL);
  CHECK_INT(bourse_paper_deposit(b.exchange, "BTC", NULL), BOURSE_ERROR_ARGUMENT);
  BALANCE(0, "BTC", "2.25", "0");
  q = about(BOURSE_OP_FETCH_WITHDRAWALS, NULL);
  r = RUN(q);
  CHECK_INT(bourse_result_count(r), 1);
  bourse_result_free(r);
  bench_close(&b);
  bench_open(&b);
  q = about(BOURSE_OP_WITHDRAW, NULL);
  q.currency = "BTC";
  q.amount = dec("0.25");
  q.address = address;
  FAILS(q, BOURSE_ERROR_FORBIDDEN);
  bench_close(&b);
}

/* --- All of it --- */

/* What each operation needs to do something; whether it is OK or a refusal of the exchange is not the point. */
static void fill_arguments(bourse_request *q, const bourse_order_request *const *orders) {
  static const char *const ids[] = {"1"};
  const bourse_operation_info *info = bourse_schema_operation(q->operation);
  const bourse_struct_info *members = bourse_schema_request();
  for (uint32_t i = 0; i < members->member_count; i++) {
    if ((info->required >> i & 1) == 0) continue;
    const char *name = members->members[i].name;
    if (strcmp(name, "symbol") == 0)
      q->symbol = PERP;
    else if (strcmp(name, "timeframe") == 0)
      q->timeframe = "1h";
    else if (strcmp(name, "currency") == 0)
      q->currency = "USDT";
    else if (strcmp(name, "leverage") == 0)
      q->leverage = dec("3");
    else if (strcmp(name, "margin_mode") == 0)
      q->margin_mode = BOURSE_MARGIN_CROSS;
    else if (strcmp(name, "hedged") == 0)
      q->hedged = BOURSE_NO;
    else if (strcmp(name, "order_id") == 0)
      q->order_id = ids[0];
    else if (strcmp(name, "client_order_id") == 0)
      q->client_order_id = "nobody-has-it";
    else if (strcmp(name, "timer_ms") == 0)
      q->timer_ms = 1000;
    else if (strcmp(name, "amount") == 0)
      q->amount = dec("1");
    else if (strcmp(name, "from_wallet") == 0)
      q->from_wallet = BOURSE_WALLET_SPOT;
    else if (strcmp(name, "to_wallet") == 0)
      q->to_wallet = BOURSE_WALLET_LINEAR;
    else if (strcmp(name, "address") == 0)
      q->address = "paper-somewhere";
    else if (strcmp(name, "list_kind") == 0)
      q->list_kind = BOURSE_LIST_OCO;
    else if (strcmp(name, "orders") == 0) {
      q->orders = orders;
      q->order_count = q->operation == BOURSE_OP_CREATE_ORDER_LIST || q->operation == BOURSE_OP_CREATE_ORDERS ? 2 : 1;
    } else {
      TEST_FAIL("%s wants %s", info->name, name);
    }
  }
  if (q->operation == BOURSE_OP_SET_LEVERAGE || q->operation == BOURSE_OP_SET_MARGIN_MODE) q->symbol = PERP;
  if (q->operation == BOURSE_OP_EDIT_ORDER || q->operation == BOURSE_OP_FETCH_ORDER ||
      q->operation == BOURSE_OP_CANCEL_ORDER || q->operation == BOURSE_OP_WAIT_ORDER)
    q->order_id = ids[0];
  if (q->operation == BOURSE_OP_CANCEL_ORDERS) {
    q->order_ids = ids;
    q->order_id_count = 1;
  }
  if (q->operation == BOURSE_OP_FETCH_ORDER_LIST || q->operation == BOURSE_OP_CANCEL_ORDER_LIST) q->id = ids[0];
  if (q->operation == BOURSE_OP_FETCH_BALANCES) q->wallet = BOURSE_WALLET_ALL;
  if (q->symbol == NULL && q->order_count == 0 && (info->accepted & 1u) == 0) q->product = BOURSE_PRODUCT_LINEAR;
}

static int run_every_operation(bench *b, int32_t may_fail) {
  bourse_order_request take = order_of(PERP, BOURSE_SIDE_SELL, "0.1", "90000"),
                       stop = order_of(PERP, BOURSE_SIDE_SELL, "0.1", NULL);
  stop.stop_loss_price = dec("30000");
  const bourse_order_request *orders[] = {&take, &stop};
  int done = 0;
  for (uint32_t i = 0; bourse_schema_operation_at(i) != NULL; i++) {
    int32_t operation = bourse_schema_operation_at(i)->operation;
    if (operation == BOURSE_OP_CALL_RAW || !bourse_supports(b->exchange, operation, BOURSE_PRODUCT_LINEAR, 0)) continue;
    bourse_request q = BOURSE_REQUEST_INIT(operation);
    bourse_result *result = NULL;
    fill_arguments(&q, orders);
    q.product = q.symbol == NULL && q.order_count == 0 ? BOURSE_PRODUCT_LINEAR : 0;
    int32_t code = bourse_execute(&result, b->exchange, &q);
    int32_t wants_order = code == BOURSE_ERROR_ORDER_NOT_FOUND || code == BOURSE_ERROR_REDUCE_ONLY;
    if (code != BOURSE_OK && !wants_order && !(may_fail && code == BOURSE_ERROR_MEMORY))
      TEST_FAIL("%s: %s", bourse_operation_name(operation), bourse_context_error(b->context)->message);
    if (code == BOURSE_OK && bourse_result_kind(result) != bourse_schema_operation(operation)->kind)
      TEST_FAIL("%s gave another kind", bourse_operation_name(operation));
    bourse_result_free(result);
    done++;
    b->now_ns += SECOND;
  }
  return done;
}

TEST(every_operation_does_something) {
  bench b;
  CHECK_INT(bench_open_with(&b, NULL, NULL, 0, 1), BOURSE_OK);
  CHECK(run_every_operation(&b, 0) >= 50);
  CHECK_INT(bourse_supports(b.exchange, BOURSE_OP_FETCH_POSITIONS, BOURSE_PRODUCT_SPOT, 0), 0);
  CHECK_INT(bourse_supports(b.exchange, BOURSE_OP_BORROW_MARGIN, 0, 0), 0);
  bench_close(&b);
}

TEST(results_outlive_the_handle) {
  bench b;
  bench_open_host(&b);
  CHECK_INT(quote(&b, BTC, "60000", "60001"), BOURSE_OK);
  bourse_order_request order = order_of(BTC, BOURSE_SIDE_BUY, "0.1", NULL);
  bourse_result *placed = PLACE(order), *markets = NULL, *balances = NULL;
  CHECK_INT(bourse_fetch_markets(&markets, b.exchange, 0), BOURSE_OK);
  CHECK_INT(bourse_fetch_balances(&balances, b.exchange, BOURSE_WALLET_ALL), BOURSE_OK);
  bench_close(&b);
  CHECK_STR(bourse_result_order(placed, 0)->symbol, BTC);
  CHECK_STR(bourse_result_order(placed, 0)->fee_currency, "BTC");
  CHECK_STR(bourse_result_order(placed, 0)->market_id, "BTCUSDT");
  CHECK_STR(bourse_result_market(markets, 0)->quote, "USDT");
  CHECK(bourse_result_balance(balances, 0)->currency[0] != '\0');
  bourse_result_free(placed);
  bourse_result_free(markets);
  bourse_result_free(balances);
}

typedef struct failing {
  int64_t left;
  int64_t held;
} failing;

static void *failing_allocate(void *user_data, size_t size) {
  failing *f = user_data;
  if (f->left-- == 0) return NULL;
  f->held++;
  return malloc(size);
}

static void *failing_reallocate(void *user_data, void *memory, size_t size) {
  failing *f = user_data;
  if (f->left-- == 0) return NULL;
  return realloc(memory, size);
}

static void failing_release(void *user_data, void *memory) {
  ((failing *)user_data)->held--;
  free(memory);
}

TEST(any_allocation_may_fail) {
  int finished = 0;
  for (int64_t nth = 0; nth < 5000 && !finished; nth += nth < 250 ? 1 : 7) {
    failing state = {nth, 0};
    bourse_allocator allocator = {&state, failing_allocate, failing_reallocate, failing_release};
    bench b;
    if (bench_open_with(&b, &allocator, NULL, 0, 1) == BOURSE_OK) (void)run_every_operation(&b, 1);
    bench_close(&b);
    if (state.held != 0) TEST_FAIL("allocation %d: %d blocks left behind", (int)nth, (int)state.held);
    finished = state.left >= 0;
  }
  CHECK(finished);
}

TEST_MAIN()
