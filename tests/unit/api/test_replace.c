/* Orders that cannot be changed: canceled, and another made in their place; and nothing of that goes unnoticed. */
#include "order_fake.h"

static of_store store;

static void reset(of_world *world, of_store *with) {
  memset(world, 0, sizeof *world);
  if (with != NULL) memset(with, 0, sizeof *with);
  world->store = with;
  world->auto_resolve = BOURSE_NO;
}

TEST(an_order_that_cannot_be_changed_is_replaced_in_two_phases) {
  static const struct {
    int cancel, create, filled;
    int32_t code, outcome, creates, events, open;
    const char *words;
  } cases[] = {
      {FATE_WELL, FATE_WELL, 0, BOURSE_OK, BOURSE_OUTCOME_EXECUTED, 2, 0, 1, ""},
      {FATE_LOST_REPLY, FATE_WELL, 0, BOURSE_ERROR_DISCONNECTED, BOURSE_OUTCOME_UNKNOWN, 1, 0, 0,
       "no new one was made"},
      {FATE_LOST_REQUEST, FATE_WELL, 0, BOURSE_ERROR_DISCONNECTED, BOURSE_OUTCOME_UNKNOWN, 1, 0, 1,
       "no new one was made"},
      {FATE_REFUSED, FATE_WELL, 0, BOURSE_ERROR_INSUFFICIENT_FUNDS, BOURSE_OUTCOME_REJECTED, 1, 0, 1,
       "could not be canceled"},
      {FATE_WELL, FATE_REFUSED, 0, BOURSE_ERROR_INSUFFICIENT_FUNDS, BOURSE_OUTCOME_REJECTED, 2, 1, 0,
       "nothing stands in its place"},
      {FATE_WELL, FATE_UNSENT, 0, BOURSE_OK, BOURSE_OUTCOME_EXECUTED, 3, 0, 1, ""},
      {FATE_WELL, FATE_LOST_REPLY, 0, BOURSE_ERROR_DISCONNECTED, BOURSE_OUTCOME_UNKNOWN, 2, 1, 1, "is not known"},
      {FATE_WELL, FATE_LOST_REQUEST, 0, BOURSE_ERROR_DISCONNECTED, BOURSE_OUTCOME_UNKNOWN, 2, 1, 0, "is not known"},
      {FATE_WELL, FATE_WELL, 1, BOURSE_ERROR_ORDER_NOT_FOUND, BOURSE_OUTCOME_REJECTED, 1, 0, 0, "cannot be replaced"},
  };
  of_adapter.replaces = BOURSE_FOR_SPOT;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    of_world world;
    bourse_order_request order = of_limit(NULL);
    const bourse_order_request *orders[] = {&order};
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_EDIT_ORDER);
    bourse_event event = BOURSE_EVENT_INIT;
    int events = 0, open = 0, done = 0;
    reset(&world, &store);
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(bourse_supports(world.exchange, BOURSE_OP_EDIT_ORDER, BOURSE_PRODUCT_SPOT, 0), BOURSE_EMULATED);
    CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
    if (cases[i].filled) {
      world.orders[0].filled = 1;
      snprintf(world.orders[0].status, sizeof world.orders[0].status, "filled");
    }
    memset(&order.amount, 0, sizeof order.amount);
    bourse_decimal_parse(&order.price, "101", SIZE_MAX);
    request.orders = orders;
    request.order_count = 1;
    request.client_order_id = "one";
    world.fate = cases[i].cancel;
    world.then = cases[i].create;
    CHECK_INT(bourse_submit(world.exchange, &request, NULL), BOURSE_OK);
    for (int k = 0; k < 10; k++) {
      while (bourse_next(world.context, &event) > 0) {
        if (event.kind == BOURSE_EVENT_ORDER_UNREPLACED) {
          events++;
          CHECK_STR(bourse_result_order(event.result, 0)->client_order_id, "one");
          CHECK_INT(bourse_result_code(event.result), cases[i].code);
        } else {
          done++;
          CHECK_INT(bourse_result_code(event.result), cases[i].code);
          CHECK_INT(bourse_result_outcome(event.result), cases[i].outcome);
          if (strstr(bourse_result_error(event.result)->message, cases[i].words) == NULL)
            TEST_FAIL("case %zu says \"%s\"", i, bourse_result_error(event.result)->message);
        }
        bourse_result_free(event.result);
      }
      of_pass(&world, SECOND);
    }
    for (int k = 0; k < world.order_count; k++) open += strcmp(world.orders[k].status, "open") == 0;
    if (done != 1 || events != cases[i].events || open != cases[i].open || world.creates_sent != cases[i].creates)
      TEST_FAIL("case %zu: done %d, events %d, open %d, creates %d", i, done, events, open, world.creates_sent);
    if (cases[i].code == BOURSE_OK) {
      CHECK_STR(world.orders[1].price, "101");
      CHECK_STR(world.orders[1].amount, "1");
      CHECK_INT(of_state(&world, "one", NULL), BOURSE_JOURNAL_FINAL);
    }
    of_close(&world);
  }
  of_adapter.replaces = 0;
}

/* Lets time pass; how often it is told that nothing stands where "one" stood. */
static int count_unreplaced(of_world *world, int seconds) {
  bourse_event event = BOURSE_EVENT_INIT;
  int told = 0;
  for (int i = 0; i < seconds; i++) {
    of_pass(world, SECOND);
    while (bourse_next(world->context, &event) > 0) {
      if (event.kind == BOURSE_EVENT_ORDER_UNREPLACED) {
        told++;
        CHECK_STR(bourse_result_order(event.result, 0)->client_order_id, "one");
        CHECK(bourse_result_code(event.result) != BOURSE_OK);
        CHECK(strstr(bourse_result_error(event.result)->message, "nothing stands in its place") != NULL);
      }
      bourse_result_free(event.result);
    }
  }
  return told;
}

static void start_replacing(of_world *world, int cancel, int create) {
  bourse_order_request order = of_limit(NULL);
  const bourse_order_request *orders[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_EDIT_ORDER);
  memset(&order.amount, 0, sizeof order.amount);
  bourse_decimal_parse(&order.price, "101", SIZE_MAX);
  request.orders = orders;
  request.order_count = 1;
  request.client_order_id = "one";
  world->fate = cancel;
  world->then = create;
  CHECK_INT(bourse_submit(world->exchange, &request, NULL), BOURSE_OK);
}

TEST(a_host_that_dies_while_an_order_is_replaced_is_told_when_nothing_stands) {
  static const struct {
    int cancel, create, late, filled, told, open, unmarked;
  } cases[] = {
      {FATE_HANG, FATE_WELL, 0, 0, 1, 0, 0}, /* canceled, and that was all */
      {FATE_HANG, FATE_WELL, 0, 0, 1, 0, 1}, /* ... and the store has nothing of the cancel */
      {FATE_LATE, FATE_WELL, 0, 0, 0, 1, 0}, /* the cancel never arrived: the old one stands */
      {FATE_LATE, FATE_WELL, 1, 0, 1, 0, 0}, /* ... arrived when the host was dead */
      {FATE_LATE, FATE_WELL, 0, 1, 0, 0, 0}, /* ... and the old one was filled */
      {FATE_WELL, FATE_HANG, 0, 0, 0, 1, 0}, /* the new one stands */
      {FATE_WELL, FATE_LATE, 1, 0, 0, 1, 0}, {FATE_WELL, FATE_LATE, 0, 0, 1, 0, 0}, /* the new one never arrived */
  };
  of_adapter.replaces = BOURSE_FOR_SPOT;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    of_world world;
    int open = 0;
    reset(&world, &store);
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
    if (cases[i].unmarked) store.fail_from = store.puts + 2;
    start_replacing(&world, cases[i].cancel, cases[i].create);
    store.fail_from = 0;
    of_crash(&world);
    if (cases[i].late) of_deliver_late(&world);
    if (cases[i].filled) {
      world.orders[0].filled = 1;
      snprintf(world.orders[0].status, sizeof world.orders[0].status, "filled");
    }
    world.now_ns += 20 * SECOND;
    world.auto_resolve = BOURSE_YES;
    CHECK_INT(of_open(&world), BOURSE_OK);
    int told = count_unreplaced(&world, 120);
    for (int k = 0; k < world.order_count; k++) open += strcmp(world.orders[k].status, "open") == 0;
    if (told != cases[i].told || open != cases[i].open) TEST_FAIL("case %zu: told %d times, open %d", i, told, open);
    of_crash(&world);
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(count_unreplaced(&world, 60), 0); /* once only */
    of_close(&world);
    for (int k = 0; k < store.count; k++) CHECK(strstr(store.rows[k].value, "\"replacing\"") == NULL);
  }
  of_adapter.replaces = 0;
}

TEST(an_edit_that_is_given_up_between_its_phases_is_told) {
  of_world world;
  of_adapter.replaces = BOURSE_FOR_SPOT;
  for (int with_store = 0; with_store < 2; with_store++) {
    reset(&world, with_store ? &store : NULL);
    world.auto_resolve = BOURSE_YES;
    CHECK_INT(of_open(&world), BOURSE_OK);
    CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
    start_replacing(&world, FATE_HANG, FATE_WELL);
    CHECK_INT(count_unreplaced(&world, 90), 1);
    of_close(&world);
  }
  /* And what cannot be written down is not begun. */
  reset(&world, &store);
  CHECK_INT(of_open(&world), BOURSE_OK);
  CHECK_INT(of_place(&world, FATE_WELL, "one"), BOURSE_OK);
  store.fail_from = store.puts + 1;
  start_replacing(&world, FATE_WELL, FATE_WELL);
  CHECK_INT(count_unreplaced(&world, 5), 0);
  CHECK_STR(world.orders[0].status, "open");
  CHECK(strstr(world.trace, "DELETE") == NULL);
  of_close(&world);
  of_adapter.replaces = 0;
}

TEST_MAIN()
