/* Orders never twice and never lost: what is written down before sending, and what settles the fate of an order. */
#include "order_fake.h"

#include "api/journal.h"

static void reset(of_world *world, of_store *store) {
  memset(world, 0, sizeof *world);
  if (store != NULL) memset(store, 0, sizeof *store);
  world->store = store;
  world->auto_resolve = BOURSE_NO;
}

static of_store store;

/* --- Before sending --- */

TEST(an_order_is_written_down_before_it_is_sent) {
  of_world world;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
  const char *put = strstr(world.trace, "PUT durable order/fake/live/2c70e12b7a0646f9/one\n"),
             *sent = strstr(world.trace, "POST /order");
  CHECK(put != NULL && sent != NULL && put < sent);
  CHECK_INT(store.durable_puts, 1);
  CHECK(strstr(store.rows[0].value, "\"state\":\"open\"") != NULL);
  CHECK(strstr(store.rows[0].value, "secret") == NULL);
  of_close(&world);
}

TEST(what_the_store_does_not_take_is_not_sent) {
  of_world world;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  store.fail_from = 1;
  CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_ERROR_IO);
  CHECK_INT(world.creates_sent, 0);
  CHECK_INT(world.order_count, 0);
  store.fail_from = 0;
  CHECK_INT(of_place(&world, FATE_WELL, "two"), BOURSE_OK);
  of_close(&world);
}

TEST(each_end_of_sending_is_noted) {
  static const struct {
    int fate;
    int32_t code, state, outcome, truth;
  } cases[] = {
      {FATE_WELL, BOURSE_OK, BOURSE_JOURNAL_OPEN, BOURSE_OUTCOME_EXECUTED, 1},
      {FATE_REFUSED, BOURSE_ERROR_INSUFFICIENT_FUNDS, BOURSE_JOURNAL_FINAL, BOURSE_OUTCOME_REJECTED, 0},
      {FATE_UNSENT, BOURSE_ERROR_CONNECT, BOURSE_JOURNAL_FINAL, BOURSE_OUTCOME_NOT_SENT, 0},
      {FATE_LOST_REQUEST, BOURSE_ERROR_DISCONNECTED, BOURSE_JOURNAL_UNKNOWN, BOURSE_OUTCOME_UNKNOWN, 0},
      {FATE_LOST_REPLY, BOURSE_ERROR_DISCONNECTED, BOURSE_JOURNAL_UNKNOWN, BOURSE_OUTCOME_UNKNOWN, 1},
      {FATE_HANG, BOURSE_ERROR_TIMEOUT, BOURSE_JOURNAL_UNKNOWN, BOURSE_OUTCOME_UNKNOWN, 1},
      {FATE_LATE, BOURSE_ERROR_TIMEOUT, BOURSE_JOURNAL_UNKNOWN, BOURSE_OUTCOME_UNKNOWN, 0},
      {FATE_BROKEN_REPLY, BOURSE_ERROR_BAD_REPLY, BOURSE_JOURNAL_UNKNOWN, BOURSE_OUTCOME_UNKNOWN, 1},
      {FATE_HTML, BOURSE_ERROR_UNAVAILABLE, BOURSE_JOURNAL_UNKNOWN, BOURSE_OUTCOME_UNKNOWN, 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0] * 2; i++) {
    of_world world;
    size_t at = i / 2;
    int32_t outcome;
    reset(&world, i % 2 == 0 ? &store : NULL);
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, cases[at].fate, "one"), cases[at].code);
    CHECK_INT(of_state(&world, "one", &outcome), cases[at].state);
    CHECK_INT(outcome, cases[at].outcome);
    CHECK_INT(world.creates_sent, 1); /* never sent again */
    CHECK_INT(world.order_count, cases[at].truth);
    of_close(&world);
  }
}

TEST(an_id_of_unknown_fate_is_not_used_again) {
  of_world world;
  reset(&world, NULL);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REPLY, "one"), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_ERROR_DUPLICATE_ORDER);
  CHECK_INT(world.creates_sent, 1);
  CHECK_INT(of_state(&world, "one", NULL), BOURSE_JOURNAL_UNKNOWN);
  of_close(&world);
}

TEST(a_duplicate_of_an_id_that_only_we_can_have_made_means_that_it_arrived) {
  of_world world;
  bourse_result *result;
  reset(&world, NULL);
  CHECK_INT(of_open(&world), BOURSE_OK);
  world.seed = 5;
  world.fate = FATE_LATE;
  CHECK_INT(of_place(&world, FATE_LATE, NULL), BOURSE_ERROR_TIMEOUT);
  of_deliver_late(&world);
  world.seed = 5; /* the same id once more, as a proxy that repeats a request would bring it about */
  bourse_order_request order = of_limit(NULL);
  world.now_ns -= 10 * SECOND;
  of_close(&world);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(bourse_create_order(&result, world.exchange, &order), BOURSE_ERROR_DUPLICATE_ORDER);
  CHECK_INT(bourse_context_error(world.context)->outcome, BOURSE_OUTCOME_UNKNOWN);
  CHECK_INT(world.order_count, 1);
  of_close(&world);
}

TEST(each_order_of_several_has_its_entry) {
  of_world world;
  bourse_order_request orders[3] = {of_limit("a"), of_limit("b"), of_limit("c")};
  const bourse_order_request *list[] = {&orders[0], &orders[1], &orders[2]};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDERS);
  bourse_result *result;
  int32_t outcome;
  request.orders = list;
  request.order_count = 3;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 3);
  bourse_result_free(result);
  CHECK_INT(store.durable_puts, 1); /* the last of them carries the others */
  CHECK_INT(of_state(&world, "c", NULL), BOURSE_JOURNAL_OPEN);
  /* The first request of another three is lost on its way: the others never left. */
  for (int i = 0; i < 3; i++) orders[i].client_order_id = i == 0 ? "d" : i == 1 ? "e" : "f";
  world.fate = FATE_LOST_REQUEST;
  CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(of_state(&world, "d", &outcome), BOURSE_JOURNAL_UNKNOWN);
  CHECK_INT(of_state(&world, "e", &outcome), BOURSE_JOURNAL_FINAL);
  CHECK_INT(outcome, BOURSE_OUTCOME_NOT_SENT);
  CHECK_INT(of_state(&world, "f", &outcome), BOURSE_JOURNAL_FINAL);
  of_close(&world);
}

TEST(a_batch_that_is_halted_midway_says_which_were_sent) {
  of_world world;
  bourse_order_request orders[3] = {of_limit("a"), of_limit("b"), of_limit("c")};
  const bourse_order_request *list[] = {&orders[0], &orders[1], &orders[2]};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDERS);
  bourse_event event = BOURSE_EVENT_INIT;
  char body[400];
  int32_t outcome;
  request.orders = list;
  request.order_count = 3;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  world.fate = FATE_HANG; /* the first is on its way */
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  CHECK_INT(world.creates_sent, 1);
  CHECK_INT(bourse_halt(world.exchange, 0, NULL), BOURSE_OK);
  CHECK_INT(bourse_next(world.context, &event), 0);
  of_print(&world.orders[0], body, sizeof body);
  of_complete(&world, world.hanging[--world.hanging_count], 0, 200, body, BOURSE_YES);
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), BOURSE_OK); /* each order has its own */
  CHECK_INT(bourse_result_count(event.result), 3);
  CHECK_INT(bourse_result_order(event.result, 0)->error, 0);
  for (uint32_t i = 1; i < 3; i++) {
    CHECK_INT(bourse_result_order(event.result, i)->error, BOURSE_ERROR_FORBIDDEN);
    CHECK_INT(bourse_result_order(event.result, i)->outcome, BOURSE_OUTCOME_NOT_SENT);
    CHECK_STR(bourse_result_order(event.result, i)->client_order_id, i == 1 ? "b" : "c");
  }
  bourse_result_free(event.result);
  CHECK_INT(world.creates_sent, 1);
  CHECK_INT(of_state(&world, "a", &outcome), BOURSE_JOURNAL_OPEN);
  CHECK_INT(of_state(&world, "b", &outcome), BOURSE_JOURNAL_FINAL);
  CHECK_INT(outcome, BOURSE_OUTCOME_NOT_SENT);
  CHECK_INT(of_state(&world, "c", &outcome), BOURSE_JOURNAL_FINAL);
  CHECK_INT(outcome, BOURSE_OUTCOME_NOT_SENT);
  of_close(&world);
}

/* --- Resolving --- */

/* Asks once; the order's status, or the (negative) code. */
static int32_t resolve(of_world *world, const char *client) {
  bourse_result *result;
  int32_t code = bourse_resolve_order(&result, world->exchange, client, NULL);
  if (code == BOURSE_OK) code = bourse_result_order(result, 0)->status;
  bourse_result_free(result);
  return code;
}

TEST(an_order_that_arrived_is_found_at_once) {
  of_world world;
  int32_t outcome;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REPLY, "one"), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(resolve(&world, "one"), BOURSE_ORDER_OPEN);
  CHECK_INT(of_state(&world, "one", &outcome), BOURSE_JOURNAL_OPEN);
  CHECK_INT(outcome, BOURSE_OUTCOME_EXECUTED);
  of_close(&world);
}

TEST(not_found_is_not_believed_before_its_time) {
  of_world world;
  int32_t outcome;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REQUEST, "one"), BOURSE_ERROR_DISCONNECTED);
  for (int i = 0; i < 14; i++) { /* a receive window of 5 s and a grace of 10 s */
    CHECK_INT(resolve(&world, "one"), BOURSE_ERROR_FATE_UNKNOWN);
    CHECK(bourse_context_error(world.context)->retry_after_ms > 0);
    of_pass(&world, SECOND);
  }
  of_pass(&world, SECOND);
  CHECK_INT(resolve(&world, "one"), BOURSE_ORDER_REJECTED);
  CHECK_INT(of_state(&world, "one", &outcome), BOURSE_JOURNAL_FINAL);
  CHECK_INT(outcome, BOURSE_OUTCOME_REJECTED);
  of_close(&world);
}

TEST(a_request_that_arrives_after_the_first_question_is_not_lost) {
  of_world world;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LATE, "one"), BOURSE_ERROR_TIMEOUT);
  CHECK_INT(resolve(&world, "one"), BOURSE_ERROR_FATE_UNKNOWN);
  of_pass(&world, 4 * SECOND);
  of_deliver_late(&world);
  CHECK_INT(resolve(&world, "one"), BOURSE_ORDER_OPEN);
  CHECK_INT(world.order_count, 1);
  of_close(&world);
}

TEST(all_lists_must_agree_that_it_is_not_there) {
  for (int seen_in = 2; seen_in <= 8; seen_in *= 2) {
    of_world world;
    int32_t outcome;
    reset(&world, &store);
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, FATE_LOST_REPLY, "one"), BOURSE_ERROR_DISCONNECTED);
    world.orders[0].hidden = 15 & ~seen_in;
    if (seen_in == 8) {
      world.orders[0].filled = 1;
      snprintf(world.orders[0].status, sizeof world.orders[0].status, "filled");
    }
    of_pass(&world, 60 * SECOND);
    CHECK_INT(resolve(&world, "one"), BOURSE_ORDER_OPEN);
    CHECK_INT(of_state(&world, "one", &outcome), BOURSE_JOURNAL_OPEN);
    of_close(&world);
  }
}

TEST(a_list_that_cannot_be_asked_proves_nothing) {
  static const char *const paths[] = {"/order", "/open", "/history", "/fills"};
  for (size_t i = 0; i < 4; i++) {
    of_world world;
    reset(&world, &store);
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, FATE_LOST_REQUEST, "one"), BOURSE_ERROR_DISCONNECTED);
    of_pass(&world, 60 * SECOND);
    world.fail_path = paths[i];
    world.fail_path_for = 1;
    CHECK_INT(resolve(&world, "one"), BOURSE_ERROR_FATE_UNKNOWN);
    CHECK_INT(of_state(&world, "one", NULL), BOURSE_JOURNAL_UNKNOWN);
    CHECK_INT(resolve(&world, "one"), BOURSE_ORDER_REJECTED);
    of_close(&world);
  }
}

static int count_of(const char *text, const char *what) {
  int count = 0;
  for (const char *at = text; (at = strstr(at, what)) != NULL; at++) count++;
  return count;
}

/* Of ten orders that were lost, some are there: a list that is asked for one is asked for all, if it is of the same market and
 * nothing can have arrived since. */
TEST(a_list_is_asked_for_once_for_all_that_are_lost) {
  of_world world;
  bourse_result *result;
  char ids[10][8];
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  for (int i = 0; i < 10; i++) {
    snprintf(ids[i], sizeof ids[i], "id%d", i);
    CHECK_INT(of_place(&world, i % 3 == 1 ? FATE_LOST_REPLY : FATE_LOST_REQUEST, ids[i]), BOURSE_ERROR_DISCONNECTED);
  }
  for (int i = 0; i < world.order_count; i++) world.orders[i].hidden = i == 0 ? 1 | 2 | 8 : i == 1 ? 1 | 8 : 0;
  of_pass(&world, 60 * SECOND);
  world.trace[0] = '\0';
  CHECK_INT(bourse_resolve_orders(&result, world.exchange), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 10);
  for (uint32_t i = 0; i < 10; i++) {
    const bourse_order *order = bourse_result_order(result, i);
    CHECK_INT(order->status, i % 3 == 1 ? BOURSE_ORDER_OPEN : BOURSE_ORDER_REJECTED);
    CHECK_INT(order->error, 0);
  }
  bourse_result_free(result);
  CHECK_INT(count_of(world.trace, "GET /open"), 1);
  CHECK_INT(count_of(world.trace, "GET /history"), 1);
  CHECK_INT(count_of(world.trace, "GET /fills"), 1);
  CHECK_INT(count_of(world.trace, "GET /order"), 7); /* those that are there were in a list */
  of_close(&world);
  /* A list asked for before the request of another can have arrived says nothing of that one. */
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REQUEST, "old"), BOURSE_ERROR_DISCONNECTED);
  of_pass(&world, 20 * SECOND);
  CHECK_INT(of_place(&world, FATE_LATE, "new"), BOURSE_ERROR_TIMEOUT);
  world.trace[0] = '\0';
  CHECK_INT(bourse_resolve_orders(&result, world.exchange), BOURSE_OK);
  CHECK_INT(bourse_result_order(result, 0)->status, BOURSE_ORDER_REJECTED);
  CHECK_INT(bourse_result_order(result, 1)->error, BOURSE_ERROR_FATE_UNKNOWN);
  bourse_result_free(result);
  of_deliver_late(&world);
  CHECK_INT(resolve(&world, "new"), BOURSE_ORDER_OPEN);
  of_close(&world);
}

/* A list that was asked for too early to be believed of another order is asked for again, and then those that come after it
 * too: an order leaves the one for the other. */
TEST(lists_of_two_rounds_are_not_mixed) {
  of_world world;
  bourse_result *result;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REQUEST, "one"), BOURSE_ERROR_DISCONNECTED);
  of_pass(&world, 5 * SECOND);
  CHECK_INT(of_place(&world, FATE_LOST_REQUEST, "two"), BOURSE_ERROR_DISCONNECTED); /* believed 15 s later */
  of_pass(&world, 11 * SECOND);
  world.tick_ns = 2 * SECOND; /* for "one": the order after 11 s, open ones after 13, past ones after 15 */
  world.trace[0] = '\0';
  CHECK_INT(bourse_resolve_orders(&result, world.exchange), BOURSE_OK);
  for (uint32_t i = 0; i < 2; i++) CHECK_INT(bourse_result_order(result, i)->status, BOURSE_ORDER_REJECTED);
  bourse_result_free(result);
  CHECK_INT(count_of(world.trace, "GET /open"), 2);
  CHECK_INT(count_of(world.trace, "GET /history"), 2);
  CHECK_INT(count_of(world.trace, "GET /fills"), 2);
  of_close(&world);
}

/* Asked one by one, as a program with little time at once does. */
TEST(a_list_that_was_asked_for_is_remembered) {
  of_world world;
  bourse_result *result;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REQUEST, "one"), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(of_place(&world, FATE_LOST_REQUEST, "two"), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(of_place(&world, FATE_WELL, "open"), BOURSE_OK);
  of_pass(&world, 60 * SECOND);
  world.trace[0] = '\0';
  CHECK_INT(resolve(&world, "one"), BOURSE_ORDER_REJECTED);
  CHECK_INT(resolve(&world, "two"), BOURSE_ORDER_REJECTED);
  CHECK_INT(count_of(world.trace, "GET /open"), 1);
  CHECK_INT(count_of(world.trace, "GET /history"), 1);
  CHECK_INT(count_of(world.trace, "GET /fills"), 1);
  /* What was open then may be over now: it is asked for anew. */
  of_pass(&world, SECOND);
  snprintf(world.orders[0].status, sizeof world.orders[0].status, "canceled");
  world.orders[0].hidden = 1;
  CHECK_INT(bourse_reconcile_orders(&result, world.exchange, NULL), BOURSE_OK);
  CHECK_INT(bourse_result_order(result, 0)->status, BOURSE_ORDER_CANCELED);
  CHECK_INT(bourse_result_order(result, 0)->origin, BOURSE_ORIGIN_OWN);
  bourse_result_free(result);
  of_close(&world);
}

/* The list of past orders begins a minute before the order that it is asked for. */
TEST(a_list_that_begins_too_late_is_asked_for_again) {
  of_world world;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REPLY, "old"), BOURSE_ERROR_DISCONNECTED);
  snprintf(world.orders[0].status, sizeof world.orders[0].status, "canceled");
  world.orders[0].hidden = 1;
  of_pass(&world, 100 * SECOND);
  CHECK_INT(of_place(&world, FATE_LOST_REQUEST, "new"), BOURSE_ERROR_DISCONNECTED);
  of_pass(&world, 60 * SECOND);
  world.orders[0].hidden = 1 | 4; /* before what is asked for */
  CHECK_INT(resolve(&world, "new"), BOURSE_ORDER_REJECTED);
  world.orders[0].hidden = 1;
  CHECK_INT(resolve(&world, "old"), BOURSE_ORDER_CANCELED);
  of_close(&world);
}

TEST(a_clock_that_is_set_back_hides_nothing) {
  of_world world;
  bourse_result *result;
  reset(&world, &store);
  world.set_ns = 30 * SECOND;
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REQUEST, "one"), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(of_place(&world, FATE_WELL, "open"), BOURSE_OK);
  of_pass(&world, 20 * SECOND);
  CHECK_INT(resolve(&world, "one"), BOURSE_ORDER_REJECTED);
  world.set_ns = 0;
  /* An order that is of the future, by the clock, is missed all the same. */
  snprintf(world.orders[0].status, sizeof world.orders[0].status, "canceled");
  CHECK_INT(bourse_reconcile_orders(&result, world.exchange, NULL), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 1);
  if (bourse_result_count(result) == 1) CHECK_INT(bourse_result_order(result, 0)->status, BOURSE_ORDER_CANCELED);
  bourse_result_free(result);
  /* And so is a list: it says nothing of what was sent after it. */
  CHECK_INT(of_place(&world, FATE_LOST_REPLY, "two"), BOURSE_ERROR_DISCONNECTED);
  world.orders[1].hidden = 1 | 4 | 8;
  of_pass(&world, 60 * SECOND);
  CHECK_INT(resolve(&world, "two"), BOURSE_ORDER_OPEN);
  of_close(&world);
}

static void make_pair(bourse_request *request, const bourse_order_request *const *orders, const char *id) {
  request->orders = orders;
  request->order_count = 2;
  request->list_kind = BOURSE_LIST_OCO;
  request->client_order_id = id;
}

/* The exchange knows a pair by the pair's id alone. */
TEST(orders_of_a_list_are_found_by_the_list) {
  for (int round = 0; round < 4; round++) {
    of_world world;
    int32_t arrives = round % 2, outcome;
    bourse_order_request orders[2] = {of_limit("a"), of_limit("b")};
    const bourse_order_request *list[] = {&orders[0], &orders[1]};
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER_LIST);
    bourse_result *result;
    make_pair(&request, list, "pair");
    reset(&world, &store);
    CHECK_INT(of_open(&world), BOURSE_OK);
    world.fate = arrives ? FATE_LOST_REPLY : FATE_LOST_REQUEST;
    CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_ERROR_DISCONNECTED);
    if (round >= 2) { /* another life: the store has it */
      of_crash(&world);
      CHECK_INT(of_open(&world), BOURSE_OK);
    }
    of_pass(&world, 60 * SECOND);
    for (int i = 0; i < 2; i++) {
      const char *id = i == 0 ? "a" : "b";
      CHECK_INT(resolve(&world, id), arrives ? BOURSE_ORDER_OPEN : BOURSE_ORDER_REJECTED);
      CHECK_INT(of_state(&world, id, &outcome), arrives ? BOURSE_JOURNAL_OPEN : BOURSE_JOURNAL_FINAL);
      CHECK_INT(outcome, arrives ? BOURSE_OUTCOME_EXECUTED : BOURSE_OUTCOME_REJECTED);
    }
    if (arrives) {
      snprintf(world.orders[0].status, sizeof world.orders[0].status, "canceled");
      CHECK_INT(resolve(&world, "a"), BOURSE_ORDER_CANCELED);
      CHECK_INT(of_state(&world, "b", NULL), BOURSE_JOURNAL_FINAL); /* told of both at once */
      CHECK_INT(resolve(&world, "b"), BOURSE_ORDER_CANCELED);
    }
    of_close(&world);
  }
}

/* One fires, and that is the end of the other. */
TEST(of_a_pair_that_fired_one_order_is_over) {
  for (int round = 0; round < 4; round++) {
    of_world world;
    bourse_order_request orders[2] = {of_limit("a"), of_limit("b")};
    const bourse_order_request *list[] = {&orders[0], &orders[1]};
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER_LIST);
    bourse_result *result;
    int lost = round % 2, both = round / 2;
    bourse_decimal_parse(&orders[1].stop_loss_price, "90", SIZE_MAX);
    if (both) bourse_decimal_parse(&orders[0].take_profit_price, "105", SIZE_MAX);
    make_pair(&request, list, "pair");
    reset(&world, &store);
    CHECK_INT(of_open(&world), BOURSE_OK);
    world.fate = lost ? FATE_LOST_REPLY : FATE_WELL;
    CHECK_INT(bourse_execute(&result, world.exchange, &request), lost ? BOURSE_ERROR_DISCONNECTED : BOURSE_OK);
    bourse_result_free(result);
    of_pass(&world, 60 * SECOND);
    snprintf(world.orders[0].status, sizeof world.orders[0].status, "stop fired");
    CHECK_INT(resolve(&world, "a"), BOURSE_ORDER_CANCELED);
    CHECK_INT(of_state(&world, "a", NULL), BOURSE_JOURNAL_FINAL);
    CHECK_INT(of_state(&world, "b", NULL), BOURSE_JOURNAL_OPEN);
    CHECK_INT(bourse_fetch_journal(&result, world.exchange, "b"), BOURSE_OK);
    const bourse_order *fired = bourse_journal_entry_order(bourse_result_journal_entry(result, 0));
    CHECK_INT(fired->status, BOURSE_ORDER_TRIGGERED);
    CHECK_STR(fired->triggered_order_id, "99");
    bourse_result_free(result);
    of_close(&world);
  }
}

TEST(orders_of_a_list_that_are_told_one_by_one_are_told_apart) {
  of_world world;
  bourse_order_request orders[2] = {of_limit("a"), of_limit("b")};
  const bourse_order_request *list[] = {&orders[0], &orders[1]};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER_LIST);
  bourse_result *result;
  bourse_decimal_parse(&orders[1].stop_loss_price, "90", SIZE_MAX);
  make_pair(&request, list, "legs");
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  world.fate = FATE_LOST_REPLY;
  CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_ERROR_DISCONNECTED);
  of_pass(&world, 60 * SECOND);
  CHECK_INT(resolve(&world, "a"), BOURSE_ORDER_OPEN);
  CHECK_INT(bourse_fetch_journal(&result, world.exchange, NULL), BOURSE_OK);
  for (uint32_t i = 0; i < 2; i++) {
    const bourse_journal_entry *entry = bourse_result_journal_entry(result, i);
    CHECK_STR(entry->client_order_id, i == 0 ? "a" : "b");
    CHECK_STR(entry->order_id, i == 0 ? "17-limit" : "17-stop");
    CHECK_STR(bourse_journal_entry_order(entry)->client_order_id, i == 0 ? "a" : "b");
  }
  bourse_result_free(result);
  of_close(&world);
  /* A list that is there and tells of one of its orders only: nothing is proven of the other. */
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  bourse_decimal_parse(&orders[0].price, "105", SIZE_MAX);
  world.fate = FATE_LOST_REPLY;
  CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_ERROR_DISCONNECTED);
  of_pass(&world, 60 * SECOND);
  snprintf(world.orders[0].price, sizeof world.orders[0].price, "100");
  CHECK_INT(resolve(&world, "a"), BOURSE_ERROR_FATE_UNKNOWN);
  of_close(&world);
}

/* One that ended before it was triggered is not told of any more. */
TEST(where_conditional_orders_are_forgotten_none_is_said_to_be_refused) {
  for (int round = 0; round < 4; round++) {
    of_world world;
    int32_t outcome, forgets = round % 2, conditional = round / 2;
    bourse_order_request order = of_limit("one");
    const bourse_order_request *orders[] = {&order};
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
    bourse_result *result;
    if (conditional) bourse_decimal_parse(&order.stop_loss_price, "90", SIZE_MAX);
    request.orders = orders;
    request.order_count = 1;
    reset(&world, &store);
    of_adapter.forgets_conditional = forgets ? BOURSE_YES : BOURSE_NO;
    CHECK_INT(of_open(&world), BOURSE_OK);
    world.fate = FATE_LOST_REQUEST;
    CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_ERROR_DISCONNECTED);
    of_pass(&world, 60 * SECOND);
    CHECK_INT(resolve(&world, "one"), forgets && conditional ? BOURSE_ORDER_UNKNOWN : BOURSE_ORDER_REJECTED);
    CHECK_INT(of_state(&world, "one", &outcome), BOURSE_JOURNAL_FINAL);
    CHECK_INT(outcome, forgets && conditional ? BOURSE_OUTCOME_UNKNOWN : BOURSE_OUTCOME_REJECTED);
    of_close(&world);
  }
  of_adapter.forgets_conditional = 0;
}

/* Where such orders have a service of their own, that is asked. */
TEST(lost_orders_that_are_kept_apart_are_asked_for_there) {
  for (int round = 0; round < 6; round++) {
    of_world world;
    int32_t apart = round % 2, kind = round / 2;
    bourse_order_request order = of_limit("one");
    const bourse_order_request *orders[] = {&order};
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
    bourse_result *result;
    if (kind == 1) bourse_decimal_parse(&order.stop_loss_price, "90", SIZE_MAX);
    if (kind == 2) bourse_decimal_parse(&order.iceberg_amount, "0.5", SIZE_MAX);
    request.orders = orders;
    request.order_count = 1;
    reset(&world, &store);
    of_adapter.conditional_apart = apart ? BOURSE_YES : BOURSE_NO;
    CHECK_INT(of_open(&world), BOURSE_OK);
    world.fate = FATE_LOST_REPLY;
    CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_ERROR_DISCONNECTED);
    bourse_result_free(result);
    CHECK_INT(resolve(&world, "one"), BOURSE_ORDER_OPEN);
    CHECK_INT(strstr(world.trace, "client=one&apart=yes") != NULL, apart && kind > 0);
    of_close(&world);
  }
  of_adapter.conditional_apart = 0;
}

TEST(an_older_order_of_the_same_id_is_not_taken_for_it) {
  of_world world;
  reset(&world, NULL);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
  snprintf(world.orders[0].status, sizeof world.orders[0].status, "filled");
  world.orders[0].filled = 1;
  of_pass(&world, 3600 * SECOND);
  CHECK_INT(of_place(&world, FATE_LOST_REQUEST, "one"), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(resolve(&world, "one"), BOURSE_ERROR_FATE_UNKNOWN);
  of_pass(&world, 60 * SECOND);
  CHECK_INT(resolve(&world, "one"), BOURSE_ORDER_REJECTED);
  of_close(&world);
}

TEST(what_is_known_to_be_there_does_not_regress) {
  of_world world;
  int32_t outcome;
  bourse_result *result;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
  snprintf(world.orders[0].status, sizeof world.orders[0].status, "filled");
  world.orders[0].filled = 1;
  CHECK_INT(bourse_fetch_order(&result, world.exchange, "A/B", NULL, "one"), BOURSE_OK);
  bourse_result_free(result);
  CHECK_INT(of_state(&world, "one", &outcome), BOURSE_JOURNAL_FINAL);
  world.orders[0].hidden = 15; /* purged */
  of_pass(&world, 100 * SECOND);
  CHECK_INT(resolve(&world, "one"), BOURSE_ORDER_FILLED);
  /* An open one that is gone from everywhere is over, not refused. */
  CHECK_INT(of_place(&world, FATE_WELL, "two"), BOURSE_OK);
  world.orders[1].hidden = 15;
  CHECK_INT(bourse_reconcile_orders(&result, world.exchange, NULL), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 0); /* too new for lists to be believed */
  bourse_result_free(result);
  of_pass(&world, 100 * SECOND);
  CHECK_INT(bourse_reconcile_orders(&result, world.exchange, NULL), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 1);
  CHECK_INT(bourse_result_order(result, 0)->origin, BOURSE_ORIGIN_ORPHAN);
  bourse_result_free(result);
  CHECK_INT(of_state(&world, "two", &outcome), BOURSE_JOURNAL_FINAL);
  CHECK_INT(outcome, BOURSE_OUTCOME_EXECUTED);
  of_close(&world);
}

/* Two copies of one request arrived, and the answer to the second is what we had: a nonce that is used, no money left. */
TEST(what_was_refused_and_is_there_all_the_same_is_there) {
  static const int hidden[] = {0, 7}; /* 7: only its fill is listed */
  for (size_t i = 0; i < 2 * sizeof hidden / sizeof hidden[0]; i++) {
    of_world world;
    int32_t outcome;
    int events = 0;
    bourse_result *result;
    bourse_event event = BOURSE_EVENT_INIT;
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_MY_TRADES);
    reset(&world, i % 2 == 0 ? &store : NULL);
    world.auto_resolve = BOURSE_YES;
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
    world.order_count = 0;
    CHECK_INT(of_place(&world, FATE_REFUSED, "two"), BOURSE_ERROR_INSUFFICIENT_FUNDS);
    CHECK_INT(of_state(&world, "two", &outcome), BOURSE_JOURNAL_FINAL);
    CHECK_INT(outcome, BOURSE_OUTCOME_REJECTED);
    of_order *order = &world.orders[world.order_count++];
    snprintf(order->client, sizeof order->client, "two");
    snprintf(order->status, sizeof order->status, "rejected");
    order->id = 77;
    CHECK_INT(bourse_fetch_order(&result, world.exchange, "A/B", NULL, "two"), BOURSE_OK); /* listed as what it is */
    bourse_result_free(result);
    CHECK_INT(of_state(&world, "two", &outcome), BOURSE_JOURNAL_FINAL);
    CHECK_INT(outcome, BOURSE_OUTCOME_REJECTED);
    CHECK_INT(bourse_next(world.context, &event), 0);
    snprintf(order->status, sizeof order->status, "open");
    order->hidden = hidden[i / 2];
    order->filled = order->hidden != 0;
    request.symbol = "A/B";
    if (order->hidden == 0)
      CHECK_INT(bourse_fetch_order(&result, world.exchange, "A/B", NULL, "two"), BOURSE_OK);
    else
      CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_OK);
    bourse_result_free(result);
    CHECK_INT(of_state(&world, "two", &outcome), BOURSE_JOURNAL_OPEN);
    CHECK_INT(outcome, BOURSE_OUTCOME_EXECUTED);
    for (; bourse_next(world.context, &event) > 0; events++) {
      CHECK_INT(event.kind, BOURSE_EVENT_ORDER_RESOLVED);
      bourse_result_free(event.result);
    }
    CHECK_INT(events, 1);
    of_close(&world);
  }
}

/* A stop, say, that is refused when it is triggered. */
TEST(what_stood_there_was_taken_whatever_it_ends_as) {
  of_world world;
  int32_t outcome;
  bourse_result *result;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REPLY, "two"), BOURSE_ERROR_DISCONNECTED);
  for (int i = 0; i < 2; i++) {
    snprintf(world.orders[i].status, sizeof world.orders[i].status, "rejected");
    CHECK_INT(bourse_fetch_order(&result, world.exchange, "A/B", NULL, i == 0 ? "one" : "two"), BOURSE_OK);
    bourse_result_free(result);
  }
  CHECK_INT(of_state(&world, "one", &outcome), BOURSE_JOURNAL_FINAL);
  CHECK_INT(outcome, BOURSE_OUTCOME_EXECUTED);
  CHECK_INT(of_state(&world, "two", &outcome), BOURSE_JOURNAL_FINAL);
  CHECK_INT(outcome, BOURSE_OUTCOME_REJECTED);
  of_close(&world);
}

/* --- Restarts --- */

TEST(a_crash_leaves_nothing_forgotten) {
  static const int fates[] = {FATE_LATE, FATE_HANG};
  for (int i = 0; i < 4; i++) {
    of_world world;
    bourse_order_request order = of_limit("one");
    const bourse_order_request *orders[] = {&order};
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
    int32_t outcome;
    request.orders = orders;
    request.order_count = 1;
    reset(&world, &store);
    CHECK_INT(of_open(&world), BOURSE_OK);
    world.fate = fates[i % 2];
    CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
    CHECK(strstr(store.rows[0].value, "\"state\":\"pending\"") != NULL);
    of_crash(&world);
    if (i >= 2) of_deliver_late(&world);
    int32_t arrived = world.order_count;
    world.now_ns += SECOND;
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_state(&world, "one", &outcome), BOURSE_JOURNAL_UNKNOWN);
    CHECK_INT(resolve(&world, "one"), arrived ? BOURSE_ORDER_OPEN : BOURSE_ERROR_FATE_UNKNOWN);
    of_pass(&world, 40 * SECOND);
    CHECK_INT(resolve(&world, "one"), arrived ? BOURSE_ORDER_OPEN : BOURSE_ORDER_REJECTED);
    CHECK_INT(world.creates_sent, 1);
    of_close(&world);
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_state(&world, "one", &outcome), arrived ? BOURSE_JOURNAL_OPEN : BOURSE_JOURNAL_FINAL);
    of_close(&world);
  }
}

TEST(final_entries_go_after_a_day) {
  of_world world;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_REFUSED, "one"), BOURSE_ERROR_INSUFFICIENT_FUNDS);
  of_close(&world);
  world.now_ns += 86000 * SECOND;
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_state(&world, "one", NULL), BOURSE_JOURNAL_FINAL);
  of_close(&world);
  world.now_ns += 1000 * SECOND;
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_state(&world, "one", NULL), 0);
  CHECK_INT(store.count, 0);
  of_close(&world);
}

TEST(a_store_with_something_else_in_it_is_refused) {
  of_world world;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
  of_close(&world);
  store.rows[0].value[30] ^= 1;
  CHECK_INT(of_open(&world), BOURSE_ERROR_IO);
  CHECK(strstr(bourse_context_error(world.context)->message, "/one\"") != NULL);
  of_close(&world);
}

/* --- By itself --- */

TEST(the_library_asks_by_itself_and_an_event_tells) {
  for (int lost = 0; lost < 2; lost++) {
    of_world world;
    bourse_event event = BOURSE_EVENT_INIT;
    int events = 0;
    reset(&world, &store);
    world.auto_resolve = 0; /* yes, with a store */
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, lost ? FATE_LOST_REQUEST : FATE_LOST_REPLY, "one"), BOURSE_ERROR_DISCONNECTED);
    for (int i = 0; i < 60; i++) {
      of_pass(&world, SECOND);
      while (bourse_next(world.context, &event) > 0) {
        events++;
        CHECK_INT(event.kind, BOURSE_EVENT_ORDER_RESOLVED);
        CHECK(event.exchange == world.exchange);
        CHECK_STR(bourse_result_order(event.result, 0)->client_order_id, "one");
        CHECK_INT(bourse_result_order(event.result, 0)->status, lost ? BOURSE_ORDER_REJECTED : BOURSE_ORDER_OPEN);
        CHECK_INT(bourse_result_outcome(event.result), lost ? BOURSE_OUTCOME_REJECTED : BOURSE_OUTCOME_EXECUTED);
        bourse_result_free(event.result);
      }
    }
    CHECK_INT(events, 1);
    CHECK(world.sent < 20); /* without asking all the time */
    CHECK_INT(world.creates_sent, 1);
    of_close(&world);
  }
}

TEST(what_a_restart_finds_is_asked_for_by_itself) {
  of_world world;
  bourse_event event = BOURSE_EVENT_INIT;
  int events = 0;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REPLY, "one"), BOURSE_ERROR_DISCONNECTED);
  of_close(&world);
  world.auto_resolve = BOURSE_YES;
  CHECK_INT(of_open(&world), BOURSE_OK);
  world.fail_path_for = 3;
  world.fail_path = "/order";
  for (int i = 0; i < 30; i++) {
    of_pass(&world, SECOND);
    for (; bourse_next(world.context, &event) > 0; events++) bourse_result_free(event.result);
  }
  CHECK_INT(events, 1);
  CHECK_INT(of_state(&world, "one", NULL), BOURSE_JOURNAL_OPEN);
  of_close(&world);
}

TEST(a_host_that_sets_nothing_is_asked_for_nothing) {
  of_world world;
  reset(&world, NULL);
  world.auto_resolve = 0;
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REPLY, "one"), BOURSE_ERROR_DISCONNECTED);
  int sent = world.sent;
  for (int i = 0; i < 60; i++) of_pass(&world, SECOND);
  CHECK_INT(world.sent, sent);
  of_close(&world);
}

/* --- Resolving all, waiting, reconciling --- */

TEST(all_unknown_ones_are_settled_together) {
  of_world world;
  bourse_result *result;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REPLY, "one"), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(of_place(&world, FATE_LOST_REQUEST, "two"), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(of_place(&world, FATE_WELL, "three"), BOURSE_OK);
  CHECK_INT(bourse_resolve_orders(&result, world.exchange), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 2);
  CHECK_INT(bourse_result_order(result, 0)->status, BOURSE_ORDER_OPEN);
  CHECK_INT(bourse_result_order(result, 1)->outcome, BOURSE_OUTCOME_UNKNOWN);
  CHECK_INT(bourse_result_order(result, 1)->error, BOURSE_ERROR_FATE_UNKNOWN);
  bourse_result_free(result);
  of_pass(&world, 60 * SECOND);
  CHECK_INT(bourse_resolve_orders(&result, world.exchange), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 1);
  CHECK_INT(bourse_result_order(result, 0)->status, BOURSE_ORDER_REJECTED);
  CHECK_STR(bourse_result_order(result, 0)->reason, "never reached the exchange");
  bourse_result_free(result);
  CHECK_INT(bourse_resolve_orders(&result, world.exchange), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 0);
  bourse_result_free(result);
  of_close(&world);
}

static int32_t wait_for(of_world *world, const char *client, int64_t timeout_ms, int fill_after, int32_t *status) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_WAIT_ORDER);
  bourse_event event = BOURSE_EVENT_INIT;
  request.client_order_id = client;
  request.timeout_ms = timeout_ms;
  *status = 0;
  CHECK_INT(bourse_submit(world->exchange, &request, NULL), BOURSE_OK);
  for (int i = 0; i < 100; i++) {
    if (i == fill_after) {
      snprintf(world->orders[0].status, sizeof world->orders[0].status, "filled");
      world->orders[0].filled = 1;
    }
    of_pass(world, SECOND / 4);
    if (bourse_next(world->context, &event) <= 0) continue;
    int32_t code = bourse_result_code(event.result);
    if (bourse_result_count(event.result) > 0) *status = bourse_result_order(event.result, 0)->status;
    bourse_result_free(event.result);
    return code;
  }
  TEST_FAIL("waiting did not end");
  return 1;
}

TEST(an_order_is_waited_for) {
  for (int with_store = 0; with_store < 2; with_store++) {
    of_world world;
    int32_t status;
    reset(&world, with_store ? &store : NULL);
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, with_store ? FATE_WELL : FATE_LOST_REPLY, "one"),
              with_store ? BOURSE_OK : BOURSE_ERROR_DISCONNECTED);
    CHECK_INT(wait_for(&world, "one", 2000, 1000, &status), BOURSE_ERROR_DEADLINE);
    CHECK_INT(status, BOURSE_ORDER_OPEN); /* as last known */
    int sent = world.sent;
    CHECK_INT(wait_for(&world, "one", 20000, 20, &status), BOURSE_OK);
    CHECK_INT(status, BOURSE_ORDER_FILLED);
    CHECK(world.sent - sent < 12);
    CHECK_INT(wait_for(&world, "one", 1000, 1000, &status), BOURSE_OK); /* from the journal or the store */
    CHECK_INT(status, BOURSE_ORDER_FILLED);
    of_close(&world);
  }
}

/* "one" has fired, and is an order that has its own id and no name. */
static void fire(of_world *world) {
  of_order *became = &world->orders[world->order_count++];
  *became = world->orders[0];
  became->client[0] = '\0';
  became->id = world->orders[0].became = ++world->next_id;
  snprintf(world->orders[0].status, sizeof world->orders[0].status, "triggered");
}

TEST(a_conditional_order_that_fired_is_what_it_became) {
  for (int by_itself = 0; by_itself < 3; by_itself++) { /* the library asks; reconciling; waiting */
    of_world world;
    bourse_result *result;
    int32_t status;
    reset(&world, &store);
    world.auto_resolve = by_itself == 0 ? 0 : BOURSE_NO;
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
    fire(&world);
    CHECK_INT(bourse_fetch_order(&result, world.exchange, "A/B", NULL, "one"), BOURSE_OK);
    CHECK_INT(bourse_result_order(result, 0)->status, BOURSE_ORDER_TRIGGERED); /* as the exchange says */
    bourse_result_free(result);
    CHECK_INT(of_state(&world, "one", NULL), BOURSE_JOURNAL_OPEN);
    snprintf(world.orders[1].status, sizeof world.orders[1].status, "filled");
    world.orders[1].filled = 1;
    if (by_itself == 0) of_pass(&world, 10 * SECOND);
    if (by_itself == 1) {
      CHECK_INT(bourse_reconcile_orders(&result, world.exchange, NULL), BOURSE_OK);
      bourse_result_free(result);
    }
    if (by_itself == 2) {
      CHECK_INT(wait_for(&world, "one", 20000, 20, &status), BOURSE_OK);
      CHECK_INT(status, BOURSE_ORDER_FILLED);
    }
    CHECK_INT(of_state(&world, "one", NULL), BOURSE_JOURNAL_FINAL);
    of_close(&world);
  }
}

/* What an answer is dated with may be later than the firing that it did not know of. */
TEST(one_that_fired_does_not_wait_any_more) {
  bourse_order waits = {.status = BOURSE_ORDER_UNTRIGGERED, .updated_ns = 20},
               fired = {.status = BOURSE_ORDER_TRIGGERED, .updated_ns = 10};
  CHECK(!bourse__order_is_older(&fired, &waits));
  CHECK(bourse__order_is_older(&waits, &fired));
  waits.updated_ns = 5;
  CHECK(bourse__order_is_older(&waits, &fired));
}

/* The answer was lost, and it fired meanwhile: one round of questions leads from the one to the other. */
TEST(a_lost_order_that_fired_is_followed) {
  of_world world;
  bourse_result *result;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REPLY, "one"), BOURSE_ERROR_DISCONNECTED);
  fire(&world);
  CHECK_INT(bourse_resolve_order(&result, world.exchange, "one", NULL), BOURSE_OK);
  CHECK_INT(bourse_result_order(result, 0)->status, BOURSE_ORDER_OPEN);
  CHECK_INT(bourse_result_outcome(result), BOURSE_OUTCOME_EXECUTED);
  CHECK_STR(bourse_result_order(result, 0)->id, "2");
  bourse_result_free(result);
  CHECK_INT(of_state(&world, "one", NULL), BOURSE_JOURNAL_OPEN);
  of_close(&world);
}

TEST(waiting_for_an_order_that_never_arrived_ends_with_the_proof) {
  of_world world;
  int32_t status;
  reset(&world, NULL);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REQUEST, "one"), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(wait_for(&world, "one", 60000, 1000, &status), BOURSE_OK);
  CHECK_INT(status, BOURSE_ORDER_REJECTED);
  of_close(&world);
}

TEST(open_orders_are_held_against_the_journal) {
  of_world world;
  bourse_result *result;
  int32_t origins[4] = {0};
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_WELL, "two"), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_WELL, "three"), BOURSE_OK);
  char out[1024];
  of_arrive(&world, "POST", "https://x.example/order?client=other&symbol=AB&side=sell&amount=2&price=3", out,
            sizeof out);
  snprintf(world.orders[1].status, sizeof world.orders[1].status, "filled");
  world.orders[1].filled = 1;
  world.orders[2].hidden = 15;
  of_pass(&world, 60 * SECOND);
  CHECK_INT(bourse_reconcile_orders(&result, world.exchange, NULL), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 4);
  for (uint32_t i = 0; i < bourse_result_count(result); i++) origins[bourse_result_order(result, i)->origin]++;
  CHECK_INT(origins[BOURSE_ORIGIN_OWN], 2);
  CHECK_INT(origins[BOURSE_ORIGIN_FOREIGN], 1);
  CHECK_INT(origins[BOURSE_ORIGIN_ORPHAN], 1);
  bourse_result_free(result);
  CHECK_INT(of_state(&world, "two", NULL), BOURSE_JOURNAL_FINAL);
  of_close(&world);
}

TEST(an_order_in_doubt_is_asked_for_in_its_own_market) {
  of_world world;
  bourse_result *result;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REPLY, "one"), BOURSE_ERROR_DISCONNECTED); /* of A/B */
  world.orders[0].hidden = 14; /* in no list */
  of_pass(&world, 60 * SECOND);
  world.trace[0] = '\0';
  CHECK_INT(bourse_reconcile_orders(&result, world.exchange, "C/D"), BOURSE_OK);
  bourse_result_free(result);
  CHECK_INT(count_of(world.trace, "GET /open?symbol=CD"), 1);
  CHECK_INT(count_of(world.trace, "GET /order?client=one&symbol=AB"), 1);
  CHECK_INT(of_state(&world, "one", NULL), BOURSE_JOURNAL_OPEN);
  of_close(&world);
}

TEST(a_question_without_an_answer_leaves_the_fate_unknown) {
  of_world world;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_RESOLVE_ORDER);
  bourse_event event = BOURSE_EVENT_INIT;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REPLY, "one"), BOURSE_ERROR_DISCONNECTED);
  world.hang_reads = 1;
  request.client_order_id = "one";
  request.timeout_ms = 3000;
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  for (int i = 0; i < 5; i++) of_pass(&world, SECOND);
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), BOURSE_ERROR_FATE_UNKNOWN);
  CHECK_INT(bourse_result_outcome(event.result), BOURSE_OUTCOME_UNKNOWN);
  bourse_result_free(event.result);
  of_close(&world);
}

/* --- Cancels and edits --- */

TEST(a_cancel_whose_answer_was_lost_is_settled_by_the_order) {
  for (int arrived = 0; arrived < 2; arrived++) {
    of_world world;
    bourse_result *result;
    reset(&world, &store);
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
    world.fate = arrived ? FATE_LOST_REPLY : FATE_LOST_REQUEST;
    CHECK_INT(bourse_cancel_order(&result, world.exchange, "A/B", NULL, "one"), BOURSE_ERROR_DISCONNECTED);
    CHECK_INT(of_state(&world, "one", NULL), BOURSE_JOURNAL_OPEN);
    CHECK_INT(resolve(&world, "one"), arrived ? BOURSE_ORDER_CANCELED : BOURSE_ERROR_FATE_UNKNOWN);
    of_pass(&world, 60 * SECOND);
    CHECK_INT(resolve(&world, "one"), arrived ? BOURSE_ORDER_CANCELED : BOURSE_ORDER_OPEN);
    CHECK_INT(bourse_fetch_journal(&result, world.exchange, "one"), BOURSE_OK);
    if (!arrived) CHECK_INT(bourse_result_journal_entry(result, 0)->cancel_outcome, BOURSE_OUTCOME_REJECTED);
    bourse_result_free(result);
    of_close(&world);
  }
}

TEST(an_edit_whose_answer_was_lost_is_settled_by_the_order) {
  for (int arrived = 0; arrived < 2; arrived++) {
    of_world world;
    bourse_order_request order = of_limit(NULL);
    const bourse_order_request *orders[] = {&order};
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_EDIT_ORDER);
    bourse_result *result;
    reset(&world, &store);
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
    bourse_decimal_parse(&order.price, "101", SIZE_MAX);
    request.orders = orders;
    request.order_count = 1;
    request.client_order_id = "one";
    world.fate = arrived ? FATE_LOST_REPLY : FATE_LOST_REQUEST;
    CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_ERROR_DISCONNECTED);
    of_pass(&world, 60 * SECOND);
    CHECK_INT(resolve(&world, "one"), BOURSE_ORDER_OPEN);
    CHECK_INT(bourse_fetch_journal(&result, world.exchange, "one"), BOURSE_OK);
    CHECK_INT(bourse_result_journal_entry(result, 0)->edit_outcome,
              arrived ? BOURSE_OUTCOME_EXECUTED : BOURSE_OUTCOME_REJECTED);
    bourse_result_free(result);
    of_close(&world);
  }
}

/* Closes a position, with an id or one that is made. */
static int32_t close_position(of_world *world, int fate, const char *client) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CLOSE_POSITION);
  bourse_result *result;
  request.symbol = "A/B";
  request.client_order_id = client;
  world->fate = fate;
  int32_t code = bourse_execute(&result, world->exchange, &request);
  bourse_result_free(result);
  return code;
}

TEST(closing_a_position_is_an_intent_as_any_other) {
  static const struct {
    int fate;
    int32_t code, state, outcome, then;
  } cases[] = {
      {FATE_WELL, BOURSE_OK, BOURSE_JOURNAL_OPEN, BOURSE_OUTCOME_EXECUTED, BOURSE_ORDER_OPEN},
      {FATE_REFUSED, BOURSE_ERROR_INSUFFICIENT_FUNDS, BOURSE_JOURNAL_FINAL, BOURSE_OUTCOME_REJECTED,
       BOURSE_ORDER_REJECTED},
      {FATE_UNSENT, BOURSE_ERROR_CONNECT, BOURSE_JOURNAL_FINAL, BOURSE_OUTCOME_NOT_SENT, BOURSE_ORDER_REJECTED},
      {FATE_LOST_REPLY, BOURSE_ERROR_DISCONNECTED, BOURSE_JOURNAL_UNKNOWN, BOURSE_OUTCOME_UNKNOWN, BOURSE_ORDER_OPEN},
      {FATE_LOST_REQUEST, BOURSE_ERROR_DISCONNECTED, BOURSE_JOURNAL_UNKNOWN, BOURSE_OUTCOME_UNKNOWN,
       BOURSE_ORDER_REJECTED},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    of_world world;
    int32_t outcome;
    reset(&world, &store);
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(close_position(&world, cases[i].fate, "one"), cases[i].code);
    const char *put = strstr(world.trace, "PUT durable order/"), *sent = strstr(world.trace, "POST /order");
    CHECK(put != NULL && sent != NULL && put < sent);
    CHECK_INT(of_state(&world, "one", &outcome), cases[i].state);
    CHECK_INT(outcome, cases[i].outcome);
    if (cases[i].state == BOURSE_JOURNAL_UNKNOWN) /* and its id is not used again */
      CHECK_INT(close_position(&world, FATE_WELL, "one"), BOURSE_ERROR_DUPLICATE_ORDER);
    of_crash(&world);
    world.now_ns += 100 * SECOND;
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(resolve(&world, "one"), cases[i].then);
    CHECK_INT(world.creates_sent, 1);
    of_close(&world);
  }
  /* What the store does not take is not sent; an id that is made is in the journal too. */
  of_world world;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  store.fail_from = 1;
  CHECK_INT(close_position(&world, FATE_WELL, NULL), BOURSE_ERROR_IO);
  CHECK_INT(world.creates_sent, 0);
  store.fail_from = 0;
  CHECK_INT(close_position(&world, FATE_WELL, NULL), BOURSE_OK);
  CHECK_INT(of_state(&world, world.orders[0].client, NULL), BOURSE_JOURNAL_OPEN);
  of_close(&world);
}

TEST(a_transfer_whose_answer_was_lost_is_there_after_a_restart) {
  of_world world;
  bourse_result *result;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_TRANSFER);
  request.currency = "B";
  request.from_wallet = BOURSE_WALLET_SPOT;
  request.to_wallet = BOURSE_WALLET_LINEAR;
  bourse_decimal_parse(&request.amount, "5", SIZE_MAX);
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_OK);
  bourse_result_free(result);
  world.fate = FATE_LOST_REPLY;
  CHECK_INT(bourse_execute(&result, world.exchange, &request), BOURSE_ERROR_DISCONNECTED);
  of_close(&world);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(bourse_fetch_journal(&result, world.exchange, NULL), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 2);
  const bourse_journal_entry *entry = bourse_result_journal_entry(result, 0);
  if (entry != NULL && entry->state == BOURSE_JOURNAL_FINAL) entry = bourse_result_journal_entry(result, 1);
  CHECK_INT(entry->state, BOURSE_JOURNAL_UNKNOWN);
  CHECK_STR(entry->operation, "transfer");
  CHECK_STR(entry->symbol, "B");
  CHECK_INT(bourse_journal_forget(world.exchange, entry->client_order_id), BOURSE_OK);
  bourse_result_free(result);
  CHECK_INT(bourse_fetch_journal(&result, world.exchange, NULL), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 1);
  bourse_result_free(result);
  of_close(&world);
}

TEST(a_cancel_that_was_repeated_and_refused_may_have_been_done) {
  of_world world;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CANCEL_ORDER);
  bourse_event event = BOURSE_EVENT_INIT;
  reset(&world, &store);
  world.retry = 1;
  of_endpoints[3].flags |= BOURSE_ENDPOINT_REPEATABLE;
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
  request.symbol = "A/B";
  request.client_order_id = "one";
  world.fate = FATE_LOST_REPLY;
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  for (int i = 0; i < 20; i++) of_pass(&world, SECOND / 4);
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), BOURSE_ERROR_ORDER_NOT_FOUND);
  CHECK_INT(bourse_result_outcome(event.result), BOURSE_OUTCOME_UNKNOWN);
  bourse_result_free(event.result);
  CHECK_INT(resolve(&world, "one"), BOURSE_ORDER_CANCELED);
  of_close(&world);
  of_endpoints[3].flags &= (uint16_t)~BOURSE_ENDPOINT_REPEATABLE;
}

TEST(an_edit_that_makes_another_order_is_an_intent) {
  static const int fates[] = {FATE_WELL, FATE_LOST_REPLY, FATE_LOST_REQUEST, FATE_REFUSED};
  of_endpoints[4].flags |= BOURSE_ENDPOINT_REPLACES;
  for (int i = 0; i < 4; i++) {
    of_world world;
    bourse_order_request order = of_limit(NULL);
    const bourse_order_request *orders[] = {&order};
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_EDIT_ORDER);
    bourse_result *result;
    char made[48] = "";
    reset(&world, &store);
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
    request.orders = orders;
    request.order_count = 1;
    request.client_order_id = "one";
    world.fate = fates[i];
    CHECK_INT(bourse_execute(&result, world.exchange, &request) == BOURSE_OK, i == 0);
    bourse_result_free(result);
    CHECK_INT(bourse_fetch_journal(&result, world.exchange, NULL), BOURSE_OK);
    CHECK_INT(bourse_result_count(result), 2);
    for (uint32_t k = 0; k < bourse_result_count(result); k++) {
      const bourse_journal_entry *entry = bourse_result_journal_entry(result, k);
      if (strcmp(entry->client_order_id, "one") == 0) continue;
      snprintf(made, sizeof made, "%s", entry->client_order_id);
      CHECK_STR(entry->replaces, "one");
      CHECK_INT(entry->state, i == 0 ? BOURSE_JOURNAL_OPEN : i == 3 ? BOURSE_JOURNAL_FINAL : BOURSE_JOURNAL_UNKNOWN);
    }
    bourse_result_free(result);
    char wanted[128];
    snprintf(wanted, sizeof wanted, "PUT durable order/fake/live/2c70e12b7a0646f9/%s", made);
    CHECK(strstr(world.trace, wanted) != NULL && strstr(world.trace, wanted) < strstr(world.trace, "PUT /order"));
    of_pass(&world, 60 * SECOND);
    CHECK_INT(bourse_resolve_orders(&result, world.exchange), BOURSE_OK);
    bourse_result_free(result);
    CHECK_INT(of_state(&world, "one", NULL), i < 2 ? BOURSE_JOURNAL_FINAL : BOURSE_JOURNAL_OPEN);
    CHECK_INT(of_state(&world, made, NULL), i < 2 ? BOURSE_JOURNAL_OPEN : BOURSE_JOURNAL_FINAL);
    of_close(&world);
  }
  of_endpoints[4].flags &= (uint16_t)~BOURSE_ENDPOINT_REPLACES;
}

TEST(what_the_store_did_not_take_later_is_known_all_the_same_and_written_when_it_can_be) {
  for (int final = 0; final < 2; final++) {
    of_world world;
    reset(&world, &store);
    CHECK_INT(of_open(&world), BOURSE_OK);
    store.fail_from = 2; /* what became of it */
    CHECK_INT(of_place(&world, final ? FATE_REFUSED : FATE_WELL, "one"),
              final ? BOURSE_ERROR_INSUFFICIENT_FUNDS : BOURSE_OK);
    CHECK(strstr(store.rows[0].value, "\"state\":\"pending\"") != NULL);
    CHECK_INT(of_state(&world, "one", NULL), final ? BOURSE_JOURNAL_FINAL : BOURSE_JOURNAL_OPEN);
    store.fail_from = 0;
    CHECK_INT(of_place(&world, FATE_WELL, "two"), BOURSE_OK);
    CHECK(strstr(store.rows[0].value, final ? "\"state\":\"final\"" : "\"state\":\"open\"") != NULL);
    CHECK_INT(of_state(&world, "one", NULL), final ? BOURSE_JOURNAL_FINAL : BOURSE_JOURNAL_OPEN);
    of_close(&world);
  }
}

TEST(a_handle_is_closed_while_it_asks) {
  static const int32_t operations[] = {BOURSE_OP_RESOLVE_ORDER, BOURSE_OP_RESOLVE_ORDERS, BOURSE_OP_WAIT_ORDER,
                                       BOURSE_OP_RECONCILE_ORDERS};
  for (int i = 0; i < 10; i++) {
    of_world world;
    reset(&world, &store);
    world.auto_resolve = i >= 8 ? BOURSE_YES : BOURSE_NO;
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, FATE_LOST_REPLY, "one"), BOURSE_ERROR_DISCONNECTED);
    world.hang_reads = 1;
    if (i < 8) {
      bourse_request request = BOURSE_REQUEST_INIT(operations[i / 2]);
      if (i < 2 || i / 2 == 2) request.client_order_id = "one";
      CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
    }
    of_pass(&world, 2 * SECOND);
    CHECK_INT(world.hanging_count, 1);
    if (i % 2 == 0)
      of_close(&world);
    else
      bourse_context_free(world.context), bourse_close(world.exchange);
    CHECK_INT(world.hanging_count, 0);
  }
}

TEST(the_library_does_not_ask_what_the_host_asks) {
  of_world world;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_RESOLVE_ORDERS);
  bourse_event event = BOURSE_EVENT_INIT;
  reset(&world, &store);
  world.auto_resolve = BOURSE_YES;
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_LOST_REPLY, "one"), BOURSE_ERROR_DISCONNECTED);
  world.hang_reads = 1;
  of_pass(&world, 2 * SECOND);
  CHECK_INT(world.hanging_count, 1);
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  CHECK_INT(world.hanging_count, 1);
  of_pass(&world, 3 * SECOND);
  CHECK_INT(world.hanging_count, 1);
  world.hang_reads = 0;
  for (int i = 0; i < 30; i++) {
    of_pass(&world, SECOND);
    while (bourse_next(world.context, &event) > 0) bourse_result_free(event.result);
  }
  CHECK_INT(of_state(&world, "one", NULL), BOURSE_JOURNAL_OPEN);
  of_close(&world);
}

/* --- Sent again where that is the same order --- */

TEST(an_idempotent_order_is_sent_again) {
  of_world world;
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  bourse_order_request order = of_limit("one");
  const bourse_order_request *orders[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  bourse_event event = BOURSE_EVENT_INIT;
  of_endpoints[1].flags |= BOURSE_ENDPOINT_IDEMPOTENT;
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  bourse_close(world.exchange);
  keys.api_key = "key";
  keys.secret = "secret";
  options.credentials = &keys;
  options.clock_sync = BOURSE_NO;
  CHECK_INT(bourse_open(&world.exchange, world.context, "fake", &options), BOURSE_OK);
  request.orders = orders;
  request.order_count = 1;
  world.fate = FATE_LOST_REPLY;
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  for (int i = 0; i < 20; i++) of_pass(&world, SECOND / 4);
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), BOURSE_OK);
  bourse_result_free(event.result);
  CHECK_INT(world.creates_sent, 2);
  CHECK_INT(world.order_count, 1);
  CHECK_INT(of_state(&world, "one", NULL), BOURSE_JOURNAL_OPEN);
  of_close(&world);
  of_endpoints[1].flags &= (uint16_t)~BOURSE_ENDPOINT_IDEMPOTENT;
}

TEST(one_of_several_that_was_repeated_and_refused_may_have_been_taken) {
  of_world world;
  bourse_order_request orders[2] = {of_limit("a"), of_limit("b")};
  const bourse_order_request *list[] = {&orders[0], &orders[1]};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDERS);
  bourse_event event = BOURSE_EVENT_INIT;
  int32_t outcome;
  of_endpoints[2].flags |= BOURSE_ENDPOINT_IDEMPOTENT;
  reset(&world, &store);
  world.retry = 1;
  CHECK_INT(of_open(&world), BOURSE_OK);
  request.orders = list;
  request.order_count = 2;
  world.fate = FATE_LOST_REQUEST; /* of the first, which is sent again, and refused then */
  world.then = FATE_REFUSED_ITEM;
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  for (int i = 0; i < 20; i++) of_pass(&world, SECOND / 4);
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), BOURSE_OK);
  CHECK_INT(bourse_result_count(event.result), 2);
  CHECK_INT(bourse_result_order(event.result, 0)->error, BOURSE_ERROR_MARKET_CLOSED);
  CHECK_INT(bourse_result_order(event.result, 0)->outcome, BOURSE_OUTCOME_UNKNOWN);
  CHECK_INT(bourse_result_order(event.result, 1)->error, 0);
  bourse_result_free(event.result);
  CHECK_INT(of_state(&world, "a", NULL), BOURSE_JOURNAL_UNKNOWN);
  CHECK_INT(of_state(&world, "b", NULL), BOURSE_JOURNAL_OPEN);
  /* Refused at once is refused. */
  orders[0].client_order_id = "c";
  orders[1].client_order_id = "d";
  world.fate = FATE_WELL;
  world.then = FATE_REFUSED_ITEM;
  CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
  for (int i = 0; i < 4; i++) of_pass(&world, SECOND / 4);
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_order(event.result, 1)->outcome, BOURSE_OUTCOME_REJECTED);
  bourse_result_free(event.result);
  CHECK_INT(of_state(&world, "d", &outcome), BOURSE_JOURNAL_FINAL);
  CHECK_INT(outcome, BOURSE_OUTCOME_REJECTED);
  of_close(&world);
  of_endpoints[2].flags &= (uint16_t)~BOURSE_ENDPOINT_IDEMPOTENT;
}

/* --- Nonces --- */

TEST(nonces_rise_over_restarts) {
  of_world world;
  of_adapter.nonces = BOURSE_YES;
  reset(&world, &store);
  for (int i = 0; i < 5; i++) {
    CHECK_INT(of_open(&world), BOURSE_OK);
    for (int k = 0; k < 5; k++) CHECK_INT(of_place(&world, FATE_WELL, NULL), BOURSE_OK);
    of_crash(&world);
    world.now_ns -= 20 * SECOND; /* the clock was set back meanwhile */
  }
  CHECK_INT(world.bad_nonces, 0);
  /* Blocks are reserved, not each by itself; and what cannot be reserved is not used. */
  int durable = store.durable_puts;
  CHECK_INT(durable, 25 + 5);
  CHECK_INT(of_open(&world), BOURSE_OK);
  store.fail_from = 1;
  bourse_result *result;
  CHECK_INT(bourse_fetch_open_orders(&result, world.exchange, NULL), BOURSE_ERROR_IO);
  of_close(&world);
  /* A program that ends as it should gives back what it did not use. */
  store.fail_from = 0;
  uint64_t before = world.last_nonce;
  for (int i = 0; i < 5; i++) {
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, FATE_WELL, NULL), BOURSE_OK);
    of_close(&world);
  }
  CHECK_INT(world.bad_nonces, 0);
  CHECK(world.last_nonce - before < 70000);
  of_adapter.nonces = 0;
}

TEST_MAIN()
