/* paper/match.c - matching by price and time, triggers, and how the orders of a list act on each other. */
#include "exchange/paper/state.h"

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

int64_t bourse__paper_reference(const paper_market *market, int32_t which) {
  if (which == BOURSE_PRICE_MARK && market->mark != 0) return market->mark;
  if (which == BOURSE_PRICE_INDEX && market->index_price != 0) return market->index_price;
  return market->last;
}

/* --- Who trades with whom --- */

static int32_t reaches(const paper_order *taker, int64_t price) {
  if (taker->type == BOURSE_ORDER_MARKET) return 1;
  return is_buy(taker) ? price <= taker->price : price >= taker->price;
}

static int32_t same_owner(const paper_engine *engine, const paper_order *taker, const paper_order *maker) {
  return taker->account == maker->account && !account_of(engine, taker)->unlimited;
}

/* The outside market does not trade with itself, so its orders look past its own. */
static paper_order *next_maker(const paper_engine *engine, const paper_order *taker) {
  const paper_side *side = &market_of(engine, taker)->sides[is_buy(taker) ? 1 : 0];
  int32_t outside = account_of(engine, taker)->unlimited;
  for (uint32_t i = side->count; i > 0; i--) {
    const paper_level *level = &side->levels[i - 1];
    if (!reaches(taker, level->price)) return NULL;
    for (paper_order *maker = level->first; maker != NULL; maker = maker->next)
      if (!outside || !account_of(engine, maker)->unlimited) return maker;
  }
  return NULL;
}

/* What the taker still wants at a price. */
static int64_t wanted(const paper_order *taker, const paper_market *market, int64_t price, int64_t filled,
                      paper_money cost_filled) {
  if (taker->cost_asked == 0) {
    int64_t rest = taker->amount - filled - taker->prevented;
    return rest > 0 ? rest : 0;
  }
  paper_money one = (paper_money)price * market->unit_cost, amount = (taker->cost_asked - cost_filled) / one;
  if (amount > PAPER_AMOUNT_CAP) amount = PAPER_AMOUNT_CAP;
  return (int64_t)(amount - amount % market->market_step);
}

paper_sweep bourse__paper_sweep(const paper_engine *engine, const paper_order *order, int32_t careful) {
  const paper_market *market = market_of(engine, order);
  const paper_side *side = &market->sides[is_buy(order) ? 1 : 0];
  paper_sweep sweep = {0, 0, 0, 0};
  for (uint32_t i = side->count; i > 0; i--) {
    int64_t price = side->levels[i - 1].price;
    if (!reaches(order, price)) break;
    for (const paper_order *maker = side->levels[i - 1].first; maker != NULL; maker = maker->next) {
      int64_t want = wanted(order, market, price, sweep.amount, sweep.cost);
      paper_money cost;
      if (want == 0) return sweep;
      if (same_owner(engine, order, maker) && order->self_trade != BOURSE_SELF_TRADE_ALLOW) {
        sweep.own = 1;
        if (order->self_trade != BOURSE_SELF_TRADE_CANCEL_MAKER) return sweep;
        continue;
      }
      int64_t amount = least(want, bourse__paper_remaining(maker));
      if (careful && market->linear && !account_of(engine, maker)->unlimited) {
        /* only makers whose margin is all there: what they net against may be gone by then */
        paper_money full;
        (void)bourse__paper_cost(&full, market, price, bourse__paper_remaining(maker));
        if (maker->locked < full / account_of(engine, maker)->holdings[order->market].leverage) continue;
      }
      if (!bourse__paper_cost(&cost, market, price, amount)) return sweep;
      sweep.last_price = price;
      sweep.amount += amount;
      sweep.cost += cost;
    }
  }
  return sweep;
}

/* --- Lists --- */

static int32_t is_pair(int32_t kind, uint32_t leg) {
  if (kind == BOURSE_LIST_OCO) return 1;
  return (kind == BOURSE_LIST_OTOCO || kind == BOURSE_LIST_OPOCO) && leg > 0;
}

static int32_t is_sized(int32_t kind) { return kind == BOURSE_LIST_OPO || kind == BOURSE_LIST_OPOCO; }

paper_order *bourse__paper_partner(const paper_order *order) {
  const paper_list *list = order->list;
  if (list == NULL || !is_pair(list->kind, order->leg)) return NULL;
  uint32_t other = list->kind == BOURSE_LIST_OCO ? 1 - order->leg : 3 - order->leg;
  paper_order *partner = list->orders[other];
  return partner != NULL && bourse__paper_is_open(partner) ? partner : NULL;
}

void bourse__paper_claim(paper_engine *engine, paper_order *order) {
  paper_order *partner = bourse__paper_partner(order);
  if (partner == NULL) return;
  order->locked += partner->locked; /* the pair held it once, in whichever of the two */
  partner->locked = 0;
  bourse__paper_finish(engine, partner, BOURSE_ORDER_CANCELED, PAPER_LIST);
  bourse__paper_unlock_excess(engine, order);
}

/* What the first order received, in whole steps, is what the others are about. */
static int64_t received(const paper_engine *engine, const paper_order *order) {
  const paper_market *market = market_of(engine, order);
  int64_t amount = order->filled;
  if (!market->linear && is_buy(order) && order->fee > 0 && order->fee_currency == market->base)
    amount -= (int64_t)((order->fee + market->unit_amount - 1) / market->unit_amount);
  return amount - amount % market->step;
}

void bourse__paper_list_ended(paper_engine *engine, paper_order *order) {
  const paper_list *list = order->list;
  paper_order *partner = bourse__paper_partner(order);
  /* A leg that was refused when its turn came leaves the other one standing, as does one that the other has claimed. */
  int32_t never_worked = order->late && order->working_ns == 0 && order->status == BOURSE_ORDER_EXPIRED;
  if (partner != NULL && !never_worked && order->reason != PAPER_LIST)
    bourse__paper_finish(engine, partner, BOURSE_ORDER_CANCELED, PAPER_LIST);
  if (list->kind == BOURSE_LIST_OCO || order->leg != 0) return;
  int32_t go_on = order->status == BOURSE_ORDER_FILLED || (is_sized(list->kind) && order->filled > 0);
  for (uint32_t i = 1; i < list->count; i++) {
    paper_order *leg = list->orders[i];
    if (leg == NULL || leg->place != PAPER_WAITING) continue;
    if (!go_on) {
      bourse__paper_finish(engine, leg, BOURSE_ORDER_CANCELED, PAPER_LIST);
      continue;
    }
    if (is_sized(list->kind) && !leg->close_position) leg->amount = received(engine, order);
    leg->late = 1;
    leg->place = PAPER_QUEUED;
    bourse__paper_chain_append(&engine->queued, leg);
  }
}

/* --- Matching --- */

/* Own orders met. 1: go on with the next maker; 0: the taker ends here. */
static int32_t prevent(paper_engine *engine, paper_order *taker, paper_order *maker, int64_t want) {
  if (taker->self_trade == BOURSE_SELF_TRADE_CANCEL_TAKER) return 0;
  if (taker->self_trade != BOURSE_SELF_TRADE_DECREMENT) {
    bourse__paper_finish(engine, maker, BOURSE_ORDER_EXPIRED, PAPER_SELF_TRADE);
    return taker->self_trade == BOURSE_SELF_TRADE_CANCEL_MAKER;
  }
  int64_t amount = least(want, maker->shown);
  bourse__paper_unlock_part(engine, taker, amount);
  bourse__paper_unlock_part(engine, maker, amount);
  taker->prevented += amount;
  maker->prevented += amount;
  if (bourse__paper_remaining(maker) == 0) {
    bourse__paper_finish(engine, maker, BOURSE_ORDER_EXPIRED, PAPER_SELF_TRADE);
  } else {
    if (amount < maker->shown)
      bourse__paper_book_shrink(engine, maker, amount);
    else
      bourse__paper_book_refill(engine, maker);
    maker->updated_ns = engine->now_ns;
    bourse__paper_emit_order(engine, maker);
  }
  return 1;
}

static void print_trade(paper_engine *engine, paper_market *market, uint64_t id, int32_t side, int64_t price,
                        int64_t amount, int32_t keep) {
  paper_trade trade = {id, engine->now_ns, price, amount, side, market->index};
  paper_trade *kept = keep ? bourse__paper_ring_push(&market->trades) : NULL;
  if (kept != NULL) *kept = trade;
  paper_event *event = bourse__paper_emit(engine, PAPER_EVENT_TRADE, UINT32_MAX, market->index);
  if (event != NULL) event->u.trade = trade;
  market->last = price;
  market->last_amount = amount;
  market->last_ns = engine->now_ns;
}

static void trade(paper_engine *engine, paper_order *taker, paper_order *maker, int64_t amount) {
  paper_market *market = market_of(engine, taker);
  int64_t price = maker->price;
  uint64_t id = engine->next_id++;
  bourse__paper_settle(engine, maker, id, price, amount, BOURSE_MAKER);
  bourse__paper_settle(engine, taker, id, price, amount, BOURSE_TAKER);
  print_trade(engine, market, id, taker->side, price, amount, 1);
  if (maker->amount != PAPER_ENDLESS) {
    if (bourse__paper_remaining(maker) == 0) {
      bourse__paper_finish(engine, maker, maker->prevented > 0 ? BOURSE_ORDER_EXPIRED : BOURSE_ORDER_FILLED,
                           maker->prevented > 0 ? PAPER_SELF_TRADE : PAPER_NO_REASON);
    } else {
      if (amount < maker->shown)
        bourse__paper_book_shrink(engine, maker, amount);
      else
        bourse__paper_book_refill(engine, maker);
      bourse__paper_emit_order(engine, maker);
    }
  }
  if (taker->cost_asked > 0 || bourse__paper_remaining(taker) > 0) bourse__paper_emit_order(engine, taker);
  bourse__paper_price_moved(engine, market, BOURSE_PRICE_LAST, price);
}

/* Trades as far as it goes. 0, or the reason why the taker must not stay. */
static int32_t match(paper_engine *engine, paper_order *taker) {
  const paper_market *market = market_of(engine, taker);
  for (;;) {
    paper_order *maker = next_maker(engine, taker);
    if (maker == NULL) return PAPER_NO_REASON;
    int64_t want = wanted(taker, market, maker->price, taker->filled, taker->cost_filled);
    if (want == 0) return PAPER_NO_REASON;
    if (bourse__paper_partner(maker) == taker) return PAPER_LIST;
    if (same_owner(engine, taker, maker) && taker->self_trade != BOURSE_SELF_TRADE_ALLOW) {
      if (!prevent(engine, taker, maker, want)) return PAPER_SELF_TRADE;
      continue;
    }
    int32_t reason = PAPER_NO_REASON;
    bourse__paper_claim(engine, maker);
    bourse__paper_claim(engine, taker);
    int64_t amount = bourse__paper_fundable(engine, maker, maker->price, least(want, maker->shown), &reason);
    if (amount == 0) {
      bourse__paper_finish(engine, maker, BOURSE_ORDER_EXPIRED, reason);
      continue;
    }
    amount = bourse__paper_fundable(engine, taker, maker->price, amount, &reason);
    if (amount == 0) return reason;
    paper_money cost;
    if (!bourse__paper_cost(&cost, market, maker->price, amount)) return PAPER_TOO_LARGE;
    if (!bourse__paper_fill_reserve(engine, maker) || !bourse__paper_fill_reserve(engine, taker)) return PAPER_MEMORY;
    trade(engine, taker, maker, amount);
  }
}

/* Whether a limit order would trade at once. */
static int32_t crosses(const paper_market *market, const paper_order *order) {
  int64_t best = bourse__paper_best(market, is_buy(order) ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY);
  return best != 0 && reaches(order, best);
}

/* --- Triggers --- */

/* The price is now this: whether the order fires. Trailing stops follow. */
static int32_t fires(paper_order *order, int64_t price) {
  if (order->trigger_kind != PAPER_TRAILING)
    return order->trigger_direction == BOURSE_TRIGGER_RISE ? price >= order->trigger_price
                                                           : price <= order->trigger_price;
  int32_t sells = !is_buy(order);
  if (!order->trail_active) {
    int64_t from = order->trail_activation;
    if (from != 0 && (sells ? price < from : price > from)) return 0;
    order->trail_active = 1;
    order->trail_extreme = price;
  }
  if (sells ? price > order->trail_extreme : price < order->trail_extreme) order->trail_extreme = price;
  if (order->trail_amount > 0)
    return sells ? price <= order->trail_extreme - order->trail_amount
                 : price >= order->trail_extreme + order->trail_amount;
  const int64_t whole = 100 * 1000000;
  int64_t parts = sells ? whole - order->trail_millionths : whole + order->trail_millionths;
  paper_money now = (paper_money)price * whole, edge = (paper_money)order->trail_extreme * parts;
  return sells ? now <= edge : now >= edge;
}

void bourse__paper_limit_from_trigger(paper_order *order, int64_t offset, int64_t millionths) {
  order->limit_offset = offset;
  order->limit_millionths = millionths;
}

/* The limit that is told as an offset: where the order fires is known now. */
static void set_limit(const paper_market *market, paper_order *order) {
  if (order->limit_offset == 0 && order->limit_millionths == 0) return;
  const int64_t whole = 100 * 1000000;
  int64_t sign = is_buy(order) ? 1 : -1;
  paper_money edge = order->trail_extreme + sign * order->trail_amount;
  if (order->trail_amount == 0)
    edge = (paper_money)order->trail_extreme * (whole + sign * order->trail_millionths) / whole;
  paper_money limit = edge + order->limit_offset + edge * order->limit_millionths / whole;
  limit -= limit % market->tick;
  order->price = limit < market->tick ? market->tick : limit > INT64_MAX ? INT64_MAX : (int64_t)limit;
}

void bourse__paper_price_moved(paper_engine *engine, paper_market *market, int32_t which, int64_t price) {
  for (paper_order *order = market->conditionals.first, *next; order != NULL; order = next) {
    next = order->next;
    if (order->trigger_by != which || !fires(order, price)) continue;
    bourse__paper_chain_remove(&market->conditionals, order);
    order->fired = 1;
    order->place = PAPER_QUEUED;
    set_limit(market, order);
    bourse__paper_chain_append(&engine->queued, order);
  }
}

/* --- Letting orders in --- */

static int32_t admit_market(paper_engine *engine, paper_order *order) {
  const paper_market *market = market_of(engine, order);
  paper_sweep sweep = bourse__paper_sweep(engine, order, 0);
  uint32_t currency = paying_currency(market, order);
  if (sweep.amount == 0 && !sweep.own) {
    if (bourse__paper_best(market, is_buy(order) ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY) != 0)
      return bourse__paper_refuse(engine, PAPER_COST_MIN, "cost", "the cost does not pay for the smallest amount");
    return bourse__paper_refuse(engine, PAPER_NO_LIQUIDITY, NULL, "nobody %s %s now", is_buy(order) ? "sells" : "buys",
                                market->about->symbol);
  }
  paper_money available =
                  bourse__paper_available(engine, order->account, wallet_of(engine, order->account, market), currency),
              wants;
  if (market->linear)
    wants = bourse__paper_margin_need(engine, order, sweep.amount, sweep.cost);
  else if (is_buy(order))
    wants = order->cost_asked > 0 ? order->cost_asked : sweep.cost;
  else
    wants = (paper_money)(order->cost_asked > 0 ? sweep.amount : order->amount) * market->unit_amount;
  if (wants <= available) return BOURSE_OK;
  char needed[BOURSE_DECIMAL_TEXT_SIZE], given[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal a = bourse__paper_money_decimal(wants), b = bourse__paper_money_decimal(available);
  (void)bourse_decimal_format(needed, sizeof needed, &a);
  (void)bourse_decimal_format(given, sizeof given, &b);
  return bourse__paper_refuse(engine, PAPER_NO_FUNDS, NULL, "the order needs %s %s; %s are free", needed,
                              engine->currencies[currency].code, given);
}

static int32_t admit_reducing(paper_engine *engine, paper_order *order) {
  int64_t closable = bourse__paper_closable(engine, order);
  if (closable == 0)
    return bourse__paper_refuse(engine, PAPER_REDUCE_ONLY, order->close_position ? "close_position" : "reduce_only",
                                "there is no position that this order would reduce");
  if (order->close_position) order->amount = closable;
  return BOURSE_OK;
}

static int32_t admit_conditional(paper_engine *engine, paper_order *order) {
  const paper_market *market = market_of(engine, order);
  int64_t price = bourse__paper_reference(market, order->trigger_by);
  if (!order->late && !engine->config.trigger_at_once && order->trigger_kind != PAPER_TRAILING && price != 0 &&
      fires(order, price))
    return bourse__paper_refuse(engine, PAPER_WOULD_TRIGGER, "trigger_price", "the order would trigger at once");
  return bourse__paper_lock(engine, order);
}

/* Far beyond any real account, and far below where the numbers end. */
static int32_t is_overfull(const paper_engine *engine, const paper_order *order) {
  const paper_market *market = market_of(engine, order);
  const uint32_t currencies[] = {market->base, market->quote, market->linear ? market->settle : market->quote};
  for (int32_t i = 0; i < 3; i++)
    if (balance_at(engine, order->account, wallet_of(engine, order->account, market), currencies[i])->total >
        PAPER_TOTAL_MAX)
      return 1;
  return 0;
}

int32_t bourse__paper_admit(paper_engine *engine, paper_order *order) {
  const paper_market *market = market_of(engine, order);
  int32_t code = BOURSE_OK;
  if (account_of(engine, order)->unlimited) return BOURSE_OK;
  if (is_overfull(engine, order))
    return bourse__paper_refuse(engine, PAPER_TOO_LARGE, NULL, "a balance holds more than 10^18 units");
  if (waits_for_trigger(order)) return admit_conditional(engine, order);
  if (bourse__paper_only_reduces(engine, order)) code = admit_reducing(engine, order);
  if (code != BOURSE_OK) return code;
  if (order->post_only && crosses(market, order))
    return bourse__paper_refuse(engine, PAPER_WOULD_TAKE, "post_only", "a post-only order would trade at once");
  if (order->type == BOURSE_ORDER_MARKET) code = admit_market(engine, order);
  if (code == BOURSE_OK && order->time_in_force == BOURSE_FILL_OR_KILL) {
    paper_sweep sweep = bourse__paper_sweep(engine, order, 1);
    int64_t want = bourse__paper_remaining(order);
    int32_t short_of = order->cost_asked > 0
                           ? sweep.amount == 0 || wanted(order, market, sweep.last_price, sweep.amount, sweep.cost) > 0
                           : sweep.amount < want;
    if (bourse__paper_only_reduces(engine, order) && bourse__paper_closable(engine, order) < want) short_of = 1;
    if (short_of) return bourse__paper_refuse(engine, PAPER_UNFILLED, "time_in_force", "it cannot be filled whole now");
  }
  if (code == BOURSE_OK) code = bourse__paper_lock(engine, order);
  return code;
}

static void end_of_match(paper_engine *engine, paper_order *order, int32_t reason) {
  int32_t by_cost = order->cost_asked > 0;
  if (by_cost) {
    order->amount = order->filled;
    const paper_market *market = market_of(engine, order);
    if (reason == PAPER_NO_REASON && /* its last fill was at the last price */
        (order->filled == 0 || wanted(order, market, market->last, order->filled, order->cost_filled) > 0))
      reason = PAPER_NO_LIQUIDITY;
  } else if (reason == PAPER_NO_REASON && bourse__paper_remaining(order) > 0) {
    if (order->type == BOURSE_ORDER_MARKET)
      reason = PAPER_NO_LIQUIDITY;
    else if (order->time_in_force == BOURSE_IMMEDIATE_OR_CANCEL || order->time_in_force == BOURSE_FILL_OR_KILL)
      reason = PAPER_UNFILLED;
  } else if (reason == PAPER_NO_REASON && order->prevented > 0) {
    reason = PAPER_SELF_TRADE;
  }
  if (reason != PAPER_NO_REASON)
    bourse__paper_finish(engine, order, BOURSE_ORDER_EXPIRED, reason);
  else if (by_cost || bourse__paper_remaining(order) == 0)
    bourse__paper_finish(engine, order, BOURSE_ORDER_FILLED, 0);
  else
    bourse__paper_book_insert(engine, order);
}

static void wait_for_trigger(paper_engine *engine, paper_order *order) {
  paper_market *market = market_of(engine, order);
  int64_t price = bourse__paper_reference(market, order->trigger_by);
  order->status = BOURSE_ORDER_UNTRIGGERED;
  order->working_ns = engine->now_ns;
  if (price != 0 && fires(order, price)) {
    order->fired = 1;
    order->place = PAPER_QUEUED;
    bourse__paper_chain_append(&engine->queued, order);
  } else {
    order->place = PAPER_CONDITIONAL;
    bourse__paper_chain_append(&market->conditionals, order);
  }
  bourse__paper_emit_order(engine, order);
}

void bourse__paper_run(paper_engine *engine, paper_order *order) {
  if (waits_for_trigger(order)) {
    wait_for_trigger(engine, order);
    return;
  }
  order->status = BOURSE_ORDER_OPEN;
  order->working_ns = engine->now_ns;
  bourse__paper_emit_order(engine, order);
  end_of_match(engine, order, match(engine, order));
}

int64_t bourse__paper_take(paper_engine *engine, paper_order *order) {
  (void)match(engine, order);
  int64_t rest = bourse__paper_remaining(order);
  bourse__paper_finish(engine, order, BOURSE_ORDER_EXPIRED, PAPER_UNFILLED);
  return rest;
}

void bourse__paper_print(paper_engine *engine, uint32_t market_index, int32_t side, int64_t price, int64_t amount) {
  paper_market *market = &engine->markets[market_index];
  print_trade(engine, market, engine->next_id++, side, price, amount, !engine->config.quiet_outside);
  bourse__paper_price_moved(engine, market, BOURSE_PRICE_LAST, price);
}

/* Its trigger was reached, or its list has brought it to life. */
static void activate(paper_engine *engine, paper_order *order) {
  int32_t code = BOURSE_OK;
  if (order->fired) {
    bourse__paper_claim(engine, order);
    if (order->type == BOURSE_ORDER_MARKET) bourse__paper_unlock(engine, order);
  } else if (order->amount == 0 && order->cost_asked == 0 && !order->close_position) {
    code = bourse__paper_refuse(engine, PAPER_AMOUNT_MIN, "amount", "nothing was received");
  } else {
    code = bourse__paper_check_rules(engine, order, 1);
  }
  if (code == BOURSE_OK) code = bourse__paper_admit(engine, order);
  if (code == BOURSE_OK)
    bourse__paper_run(engine, order);
  else
    bourse__paper_finish(engine, order, BOURSE_ORDER_EXPIRED, engine->error.reason);
}

static void drop_idle_reducers(paper_engine *engine) {
  engine->closed = 0;
  for (uint32_t a = 0; a < engine->account_count; a++) {
    if (engine->accounts[a].unlimited) continue;
    for (paper_order *order = engine->accounts[a].open.first; order != NULL;) {
      if (order->place == PAPER_ON_BOOK && bourse__paper_only_reduces(engine, order) &&
          bourse__paper_closable(engine, order) == 0) {
        bourse__paper_finish(engine, order, BOURSE_ORDER_EXPIRED, PAPER_REDUCE_ONLY);
        order = engine->accounts[a].open.first;
      } else {
        order = order->owner_next;
      }
    }
  }
}

void bourse__paper_settle_queue(paper_engine *engine) {
  if (engine->settling) return;
  engine->settling = 1;
  for (;;) {
    if (engine->deficit) bourse__paper_cover_deficits(engine);
    if (engine->closed) drop_idle_reducers(engine);
    paper_order *order = engine->queued.first;
    if (order == NULL) break;
    bourse__paper_chain_remove(&engine->queued, order);
    order->place = PAPER_NOWHERE;
    activate(engine, order);
  }
  engine->settling = 0;
}
