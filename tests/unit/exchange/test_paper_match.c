/* The engine under random streams of orders: what must always hold, and priority against a matcher written
 * otherwise. */
#include "paper_fixture.h"
#include "test.h"

/* --- A naive matcher: all orders in one array, the next maker found by looking at every one of them. --- */

#define NAIVE_MAX 2000

typedef struct naive_order {
  uint64_t id;
  int buy, open;
  int64_t price, rest, display, shown;
  uint64_t stamp; /* who came first at a price */
} naive_order;

typedef struct naive_fill {
  uint64_t maker, taker;
  int64_t price, amount;
} naive_fill;

typedef struct naive {
  naive_order orders[NAIVE_MAX];
  int count;
  uint64_t stamp;
  naive_fill fills[NAIVE_MAX];
  int fill_count;
} naive;

static naive_order *naive_best(naive *n, int buy, int is_market, int64_t price) {
  naive_order *best = NULL;
  for (int i = 0; i < n->count; i++) {
    naive_order *o = &n->orders[i];
    if (!o->open || o->buy == buy) continue;
    if (!is_market && (buy ? o->price > price : o->price < price)) continue;
    if (best == NULL || (buy ? o->price < best->price : o->price > best->price) ||
        (o->price == best->price && o->stamp < best->stamp))
      best = o;
  }
  return best;
}

static void naive_submit(naive *n, uint64_t id, int buy, int is_market, int64_t price, int64_t amount, int64_t display,
                         int stays) {
  naive_order *best;
  while (amount > 0 && (best = naive_best(n, buy, is_market, price)) != NULL) {
    int64_t traded = amount < best->shown ? amount : best->shown;
    n->fills[n->fill_count++] = (naive_fill){best->id, id, best->price, traded};
    amount -= traded;
    best->rest -= traded;
    best->shown -= traded;
    if (best->rest == 0)
      best->open = 0;
    else if (best->shown == 0) {
      best->shown = best->display < best->rest ? best->display : best->rest;
      best->stamp = ++n->stamp;
    }
  }
  if (amount == 0 || !stays) return;
  int64_t shown = display > 0 && display < amount ? display : amount;
  n->orders[n->count++] = (naive_order){id, buy, 1, price, amount, display, shown, ++n->stamp};
}

/* Takes all fill events of takers, and drops the rest. Returns what differs, or NULL. */
static const char *compare_fills(fixture *f, naive *n) {
  int seen = 0;
  const paper_event *event;
  uint64_t maker = 0, maker_trade = 0;
  while ((event = bourse__paper_next_event(f->engine)) != NULL) {
    if (event->kind != PAPER_EVENT_FILL) continue;
    const paper_fill *fill = &event->u.fill;
    if (fill->role == BOURSE_MAKER) {
      maker = fill->order_id;
      maker_trade = fill->id;
      continue;
    }
    if (seen >= n->fill_count) return "a fill too many";
    const naive_fill *expected = &n->fills[seen++];
    if (maker_trade != fill->id || maker != expected->maker) return "another maker's turn";
    if (fill->order_id != expected->taker) return "another taker";
    if (fill->price != expected->price) return "another price";
    if (fill->amount != expected->amount) return "another amount";
  }
  int missing = seen != n->fill_count;
  n->fill_count = 0;
  return missing ? "a fill is missing" : NULL;
}

static const char *compare_orders(fixture *f, naive *n) {
  for (int i = 0; i < n->count; i++) {
    const naive_order *o = &n->orders[i];
    const paper_order *real = NULL;
    for (int u = 0; u < USERS && real == NULL; u++) real = bourse__paper_find(f->engine, f->user[u], o->id, NULL);
    if (real == NULL || bourse__paper_is_open(real) != o->open) return "open here, closed there";
    if (o->open && (bourse__paper_remaining(real) != o->rest || real->shown != o->shown))
      return "another remaining amount";
  }
  return NULL;
}

static const char *priority_step(fixture *f, naive *n, uint64_t *random) {
  uint32_t user = f->user[below(random, USERS)];
  int64_t what = below(random, 10), amount = 2 + below(random, 30), price = 9500 + 5 * below(random, 20);
  if (what == 0 && n->count > 0) { /* cancel */
    naive_order *o = &n->orders[below(random, n->count)];
    for (int u = 0; u < USERS; u++) {
      paper_order *real = bourse__paper_find(f->engine, f->user[u], o->id, NULL);
      if (real != NULL) (void)bourse__paper_cancel(f->engine, real);
    }
    o->open = 0;
    return NULL;
  }
  if (what == 1 && n->count > 0) { /* smaller, in its place; or at another price */
    naive_order *o = &n->orders[below(random, n->count)];
    paper_order *real = NULL;
    for (int u = 0; u < USERS && real == NULL; u++) real = bourse__paper_find(f->engine, f->user[u], o->id, NULL);
    if (!o->open || o->display > 0 || real == NULL) return NULL;
    bourse_order_request change = BOURSE_ORDER_REQUEST_INIT;
    int moves = o->price != price && below(random, 2) == 0;
    if (moves)
      change.price = bourse__paper_decimal(price, 1);
    else
      change.amount = bourse__paper_decimal(real->amount - 1, 2);
    if (bourse__paper_edit(f->engine, real, &change) != BOURSE_OK) return NULL;
    if (moves) {
      int64_t rest = o->rest;
      int buy = o->buy;
      uint64_t id = o->id;
      *o = n->orders[--n->count];
      naive_submit(n, id, buy, 0, price, rest, 0, 1);
    } else {
      o->rest--;
      o->shown--;
      if (o->rest == 0) return "an order was cut to nothing";
    }
    return NULL;
  }
  int buy = below(random, 2) == 0, is_market = what == 2, stays = what != 2 && what != 3;
  int64_t display = what == 4 && amount >= 6 ? amount / 3 : 0;
  bourse_order_request request = order_of(buy ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL,
                                          is_market ? BOURSE_ORDER_MARKET : BOURSE_ORDER_LIMIT, NULL, NULL);
  request.amount = bourse__paper_decimal(amount, 2);
  if (!is_market) request.price = bourse__paper_decimal(price, 1);
  if (what == 3) request.time_in_force = BOURSE_IMMEDIATE_OR_CANCEL;
  if (display > 0) request.iceberg_amount = bourse__paper_decimal(display, 2);
  request.self_trade = BOURSE_SELF_TRADE_ALLOW;
  paper_order *order = NULL;
  if (bourse__paper_submit(&order, f->engine, user, f->spot, &request) == BOURSE_OK)
    naive_submit(n, order->id, buy, is_market, price, amount, display, stays);
  else if (reason(f) != PAPER_NO_LIQUIDITY)
    return bourse__paper_error(f->engine)->text;
  return NULL;
}

TEST(priority_is_that_of_the_naive_matcher) {
  static naive n;
  int64_t fills = 0;
  for (uint64_t seed = 1; seed <= 40; seed++) {
    fixture f;
    uint64_t random = seed;
    const char *wrong = NULL;
    fixture_open(&f);
    f.about[0].cost_min = dec(NULL);
    memset(&n, 0, sizeof n);
    for (int u = 0; u < USERS; u++) {
      (void)bourse__paper_deposit(f.engine, f.user[u], 0, f.btc, money("1000000"), "deposit");
      (void)bourse__paper_deposit(f.engine, f.user[u], 0, f.usdt, money("1000000"), "deposit");
    }
    for (int step = 0; step < 400 && wrong == NULL; step++) {
      wrong = priority_step(&f, &n, &random);
      fills += n.fill_count;
      if (wrong == NULL) wrong = compare_fills(&f, &n);
      if (wrong == NULL && step % 16 == 0) wrong = compare_orders(&f, &n);
      if (wrong == NULL && step % 16 == 0) wrong = check_all(&f);
      if (wrong != NULL) TEST_FAIL("seed %d, step %d: %s", (int)seed, step, wrong);
    }
    fixture_close(&f);
  }
  CHECK(fills > 5000);
}

/* --- Everything at once --- */

static bourse_order_request random_order(uint64_t *random, int linear, int hedged) {
  static const int32_t forces[] = {0, 0, 0, BOURSE_GOOD_TILL_CANCELED, BOURSE_IMMEDIATE_OR_CANCEL, BOURSE_FILL_OR_KILL};
  bourse_order_request r = BOURSE_ORDER_REQUEST_INIT;
  r.side = below(random, 2) == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
  r.type = below(random, 3) == 0 ? BOURSE_ORDER_MARKET : BOURSE_ORDER_LIMIT;
  r.self_trade = (int32_t)below(random, 6);
  bourse_decimal price = bourse__paper_decimal((180 + below(random, 40)) * 5, 1);
  bourse_decimal amount = bourse__paper_decimal(2 + below(random, linear ? 3000 : 300), 2);
  if (r.type == BOURSE_ORDER_LIMIT) {
    r.price = price;
    r.amount = amount;
    r.time_in_force = forces[below(random, 6)];
    if (below(random, 6) == 0) r.post_only = BOURSE_YES;
    if (below(random, 6) == 0) r.iceberg_amount = bourse__paper_decimal(2 + below(random, 20), 2);
  } else if (below(random, 3) == 0) {
    r.cost = bourse__paper_decimal(10 + below(random, 500), 0);
  } else {
    r.amount = amount;
  }
  bourse_decimal trigger = bourse__paper_decimal((180 + below(random, 40)) * 5, 1);
  switch (below(random, 12)) {
    case 0: r.stop_loss_price = trigger; break;
    case 1: r.take_profit_price = trigger; break;
    case 2:
      r.trigger_price = trigger;
      r.trigger_direction = below(random, 2) == 0 ? BOURSE_TRIGGER_RISE : BOURSE_TRIGGER_FALL;
      break;
    case 3: r.trailing_percent = bourse__paper_decimal(1 + below(random, 50), 1); break;
    case 4: r.trailing_amount = bourse__paper_decimal(5 * (1 + below(random, 10)), 1); break;
    default: break;
  }
  if (!linear) return r;
  if (below(random, 3) == 0) r.trigger_by = BOURSE_PRICE_MARK;
  if (below(random, 5) == 0) r.reduce_only = BOURSE_YES;
  if (hedged) r.position_side = below(random, 2) == 0 ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
  if (below(random, 12) == 0) {
    r.close_position = BOURSE_YES;
    r.amount = r.cost = dec(NULL);
  }
  return r;
}

static void random_list(fixture *f, uint64_t *random, uint32_t user, uint32_t market, int hedged) {
  bourse_order_request r[3];
  const bourse_order_request *legs[3] = {&r[0], &r[1], &r[2]};
  int32_t kind = BOURSE_LIST_OCO + (int32_t)below(random, 5);
  uint32_t count = kind == BOURSE_LIST_OTOCO || kind == BOURSE_LIST_OPOCO ? 3 : 2;
  for (uint32_t i = 0; i < 3; i++) r[i] = random_order(random, market == f->perp, hedged);
  /* pairs need the same side and amount, and something to wait for */
  uint32_t first = kind == BOURSE_LIST_OCO ? 0 : 1;
  if (count - first == 2) {
    r[first + 1].side = r[first].side;
    r[first].cost = r[first + 1].cost = dec(NULL);
    r[first].amount = r[first + 1].amount = bourse__paper_decimal(2 + below(random, 200), 2);
    r[first + 1].position_side = r[first].position_side;
    r[first].close_position = r[first + 1].close_position = 0;
    if (r[first].iceberg_amount.flags != 0) r[first].iceberg_amount = dec("0.02");
  }
  (void)bourse__paper_submit_list(NULL, f->engine, user, market, kind, legs, count, NULL);
}

static void random_outside(fixture *f, uint64_t *random, uint32_t market) {
  paper_quote bids[5], asks[5];
  int64_t middle = 185 + below(random, 30);
  for (int i = 0; i < 5; i++) {
    bids[i] = (paper_quote){(middle - i) * 5, below(random, 40) == 0 ? PAPER_ENDLESS : 1 + below(random, 500)};
    asks[i] = (paper_quote){(middle + 1 + i) * 5, 1 + below(random, 500)};
  }
  if (below(random, 3) == 0)
    (void)bourse__paper_outside_trade(f->engine, f->outside, market,
                                      below(random, 2) == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL,
                                      (180 + below(random, 40)) * 5, 1 + below(random, 500));
  else
    (void)bourse__paper_outside_depth(f->engine, f->outside, market, bids, (uint32_t)below(random, 6), asks,
                                      (uint32_t)below(random, 6));
}

static void random_order_change(fixture *f, uint64_t *random, uint32_t user) {
  const paper_account *account = bourse__paper_account(f->engine, user);
  if (account->open_count == 0) return;
  paper_order *order = account->open.first;
  for (int64_t skip = below(random, account->open_count); skip > 0; skip--) order = order->owner_next;
  if (below(random, 2) == 0) {
    (void)bourse__paper_cancel(f->engine, order);
    return;
  }
  bourse_order_request change = BOURSE_ORDER_REQUEST_INIT;
  if (below(random, 2) == 0) change.price = bourse__paper_decimal((180 + below(random, 40)) * 5, 1);
  if (below(random, 2) == 0) change.amount = bourse__paper_decimal(2 + below(random, 300), 2);
  (void)bourse__paper_edit(f->engine, order, &change);
}

static void random_step(fixture *f, uint64_t *random, int64_t *now) {
  uint32_t user = f->user[below(random, USERS)], market = below(random, 2) == 0 ? f->spot : f->perp;
  int hedged = bourse__paper_account(f->engine, user)->hedged;
  switch (below(random, 16)) {
    case 0: random_list(f, random, user, market, hedged); break;
    case 1:
    case 2:
    case 3: random_outside(f, random, market); break;
    case 4: random_order_change(f, random, user); break;
    case 5:
      bourse__paper_set_mark(f->engine, f->perp, (150 + below(random, 100)) * 5, (180 + below(random, 40)) * 5);
      break;
    case 6: (void)bourse__paper_set_leverage(f->engine, user, f->perp, 1 + (int32_t)below(random, 20)); break;
    case 7:
      if (below(random, 2) == 0)
        (void)bourse__paper_set_isolated(f->engine, user, f->perp, (int32_t)below(random, 2));
      else
        (void)bourse__paper_set_hedged(f->engine, user, (int32_t)below(random, 2));
      break;
    case 8:
      (void)bourse__paper_move(f->engine, user, (uint32_t)below(random, 2), (uint32_t)below(random, 2), f->usdt,
                               money("100") * below(random, 20));
      break;
    case 9: {
      bourse_order_request r = random_order(random, market == f->perp, hedged);
      if (r.type == BOURSE_ORDER_LIMIT && r.time_in_force == 0) {
        r.time_in_force = BOURSE_GOOD_TILL_DATE;
        r.expire_ns = *now + below(random, 20 * SECOND) + 1;
      }
      if (below(random, 3) == 0) r.attached_stop_loss_trigger = bourse__paper_decimal((180 + below(random, 20)) * 5, 1);
      if (below(random, 3) == 0)
        r.attached_take_profit_trigger = bourse__paper_decimal((200 + below(random, 20)) * 5, 1);
      (void)put(f, user, market, r);
      break;
    }
    case 10:
      *now += below(random, 5 * SECOND);
      bourse__paper_advance(f->engine, *now);
      break;
    default: (void)put(f, user, market, random_order(random, market == f->perp, hedged)); break;
  }
}

/* What came to pass over all seeds, so that a stream which only gets refusals is seen. */
typedef struct coverage {
  int reasons[PAPER_MEMORY + 1];
  int64_t fills;
} coverage;

static void run_seed(uint64_t seed, int64_t latency_ns, int steps, coverage *seen) {
  fixture f;
  uint64_t random = seed, sequence = 0;
  int64_t now = SECOND;
  paper_config config = fixture_config();
  config.latency_ns = latency_ns;
  config.history_limit = seed % 3 == 0 ? 16 : 0;
  config.trigger_at_once = seed % 2 == 0;
  config.fees_in_quote = seed % 4 >= 2;
  if (fixture_open_with(&f, &config) != BOURSE_OK) abort();
  bourse__paper_advance(f.engine, now);
  for (int step = 0; step < steps; step++) {
    uint64_t before = random;
    random_step(&f, &random, &now);
    const char *wrong = check_all(&f);
    for (const paper_event *e; (e = bourse__paper_next_event(f.engine)) != NULL;) {
      if (e->sequence != ++sequence) wrong = "a gap in the events";
      if (e->kind == PAPER_EVENT_FILL) seen->fills++;
      if (e->kind == PAPER_EVENT_ORDER) seen->reasons[e->u.order.reason]++;
    }
    if (bourse__paper_error(f.engine)->code != 0) seen->reasons[reason(&f)]++;
    if (wrong != NULL) {
      TEST_FAIL("seed %d, step %d (state %llx): %s", (int)seed, step, (unsigned long long)before, wrong);
      break;
    }
  }
  fixture_close(&f);
}

TEST(invariants_hold_in_random_streams) {
  coverage seen;
  memset(&seen, 0, sizeof seen);
  for (uint64_t seed = 1; seed <= 60; seed++) run_seed(seed, 0, 500, &seen);
  for (uint64_t seed = 61; seed <= 80; seed++) run_seed(seed, SECOND, 500, &seen);
  CHECK(seen.fills > 10000);
  static const int expected[] = {PAPER_BAD_ARGUMENT, PAPER_COST_MIN,      PAPER_NO_FUNDS,      PAPER_WOULD_TAKE,
                                 PAPER_UNFILLED,     PAPER_NO_LIQUIDITY,  PAPER_WOULD_TRIGGER, PAPER_REDUCE_ONLY,
                                 PAPER_SELF_TRADE,   PAPER_EXPIRED,       PAPER_CANCELED,      PAPER_LIST,
                                 PAPER_LIQUIDATED,   PAPER_POSITION_LIMIT};
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
    if (seen.reasons[expected[i]] == 0) TEST_FAIL("%s never came up", bourse__paper_reason_text(expected[i]));
}

TEST(the_same_stream_gives_the_same_events) {
  uint64_t sums[2] = {0, 0};
  for (int run = 0; run < 2; run++) {
    fixture f;
    uint64_t random = 7;
    int64_t now = SECOND;
    fixture_open(&f);
    for (int step = 0; step < 2000; step++) {
      random_step(&f, &random, &now);
      for (const paper_event *e; (e = bourse__paper_next_event(f.engine)) != NULL;) {
        uint64_t part = e->sequence * 31 + (uint64_t)e->kind + (uint64_t)e->time_ns;
        if (e->kind == PAPER_EVENT_FILL)
          part += (uint64_t)e->u.fill.price * 7 + (uint64_t)e->u.fill.amount + e->u.fill.order_id;
        if (e->kind == PAPER_EVENT_BOOK) part += (uint64_t)e->u.book.amount * 3 + (uint64_t)e->u.book.price;
        sums[run] = sums[run] * UINT64_C(6364136223846793005) + part;
      }
    }
    fixture_close(&f);
  }
  CHECK(sums[0] == sums[1]);
  CHECK(sums[0] != 0);
}

/* --- Memory running out --- */

typedef struct failing {
  int64_t left; /* allocations until one fails */
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
  failing *f = user_data;
  f->held--;
  free(memory);
}

TEST(any_allocation_may_fail) {
  int finished = 0;
  for (int64_t nth = 0; nth < 400 && !finished; nth++) {
    failing state = {nth, 0};
    paper_config config = fixture_config();
    config.history_limit = 16;
    config.allocator = (bourse_allocator){&state, failing_allocate, failing_reallocate, failing_release};
    fixture f;
    uint64_t random = 11;
    int64_t now = SECOND;
    if (fixture_open_with(&f, &config) == BOURSE_OK) {
      for (int step = 0; step < 400; step++) {
        random_step(&f, &random, &now);
        if (step % 8 != 0) continue;
        const char *wrong = check_all(&f);
        if (wrong != NULL) {
          TEST_FAIL("allocation %d, step %d: %s", (int)nth, step, wrong);
          break;
        }
      }
      fixture_close(&f);
    }
    if (state.held != 0) TEST_FAIL("allocation %d: %d blocks left behind", (int)nth, (int)state.held);
    finished = state.left >= 0;
  }
  CHECK(finished);
}

TEST(an_account_that_trades_with_itself_keeps_every_fill) {
  fixture f;
  paper_order *order = NULL;
  fixture_open(&f);
  const paper_account *account = bourse__paper_account(f.engine, f.user[0]);
  for (uint32_t trade = 0; trade < 40; trade++) { /* one fill alone, so that two meet the end of a full ring */
    uint32_t maker = trade == 0 ? f.user[1] : f.user[0];
    bourse_order_request sell = order_of(BOURSE_SIDE_SELL, BOURSE_ORDER_LIMIT, "0.02", "300");
    bourse_order_request buy = order_of(BOURSE_SIDE_BUY, BOURSE_ORDER_LIMIT, "0.02", "300");
    sell.self_trade = buy.self_trade = BOURSE_SELF_TRADE_ALLOW;
    CHECK_INT(bourse__paper_submit(&order, f.engine, maker, f.spot, &sell), BOURSE_OK);
    CHECK_INT(bourse__paper_submit(&order, f.engine, f.user[0], f.spot, &buy), BOURSE_OK);
    CHECK_INT(account->fills.count, 1 + 2 * trade);
    CHECK_INT(((const paper_fill *)bourse__paper_ring_at(&account->fills, 0))->side, BOURSE_SIDE_BUY);
  }
  CHECK(check_all(&f) == NULL);
  fixture_close(&f);
}

TEST_MAIN()
