/* paper/outside.c - the market that is not ours: its depth, its trades, its mark prices. */
#include "exchange/paper/state.h"

static int32_t check_side(paper_engine *engine, const paper_market *market, const paper_quote *quotes, uint32_t count,
                          int32_t bids) {
  const char *field = bids ? "bid" : "ask";
  for (uint32_t i = 0; i < count; i++) {
    if (quotes[i].price <= 0 || quotes[i].price > market->price_max || quotes[i].price % market->tick != 0)
      return bourse__paper_refuse(engine, PAPER_BAD_TICK, field, "the %s is not a price of %s", field,
                                  market->about->symbol);
    if (quotes[i].amount != PAPER_ENDLESS &&
        (quotes[i].amount <= 0 || quotes[i].amount > PAPER_AMOUNT_CAP || quotes[i].amount % market->step != 0))
      return bourse__paper_refuse(engine, PAPER_BAD_STEP, field, "the %s is not of an amount of %s", field,
                                  market->about->symbol);
    if (i > 0 && (bids ? quotes[i].price >= quotes[i - 1].price : quotes[i].price <= quotes[i - 1].price))
      return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, field, "quotes are wanted from the best on");
  }
  return BOURSE_OK;
}

static const paper_quote *quote_at(const paper_quote *quotes, uint32_t count, int64_t price, int32_t bids) {
  uint32_t low = 0, high = count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (bids ? quotes[middle].price > price : quotes[middle].price < price)
      low = middle + 1;
    else
      high = middle;
  }
  return low < count && quotes[low].price == price ? &quotes[low] : NULL;
}

/* Outside orders at prices that are no longer quoted go; the others take the quoted amount, so that nothing is said of
 * a level that did not change. */
static void adjust(paper_engine *engine, uint32_t account, paper_market *market, int32_t bids,
                   const paper_quote *quotes, uint32_t count) {
  paper_side *side = &market->sides[bids ? 0 : 1];
  for (uint32_t i = side->count; i > 0; i--) {
    for (paper_order *order = side->levels[i - 1].first, *next; order != NULL; order = next) {
      next = order->next;
      if (order->account != account) continue;
      const paper_quote *quote = quote_at(quotes, count, order->price, bids);
      int64_t rest = bourse__paper_remaining(order);
      if (quote != NULL && quote->amount == rest) continue;
      int32_t last_of_level = side->levels[i - 1].first == order && next == NULL;
      if (quote == NULL || quote->amount == PAPER_ENDLESS || rest == PAPER_ENDLESS) {
        bourse__paper_finish(engine, order, BOURSE_ORDER_CANCELED, PAPER_CANCELED);
        if (last_of_level) break;
        continue;
      }
      order->amount += quote->amount - rest;
      bourse__paper_book_shrink(engine, order, rest - quote->amount);
    }
  }
}

static int32_t has_outside(const paper_market *market, uint32_t account, int32_t bids, int64_t price) {
  const paper_side *side = &market->sides[bids ? 0 : 1];
  for (uint32_t i = side->count; i > 0; i--) {
    const paper_level *level = &side->levels[i - 1];
    if (bids ? level->price < price : level->price > price) return 0;
    if (level->price != price) continue;
    for (const paper_order *order = level->first; order != NULL; order = order->next)
      if (order->account == account) return 1;
    return 0;
  }
  return 0;
}

static paper_order *outside_order(paper_engine *engine, uint32_t account, uint32_t market, int32_t side, int64_t price,
                                  int64_t amount) {
  paper_order *order = bourse__paper_order_new(engine, account, market);
  if (order == NULL) {
    (void)bourse__paper_refuse(engine, PAPER_MEMORY, NULL, "out of memory");
    return NULL;
  }
  order->side = side;
  order->type = BOURSE_ORDER_LIMIT;
  order->time_in_force = BOURSE_GOOD_TILL_CANCELED;
  order->price = price;
  order->amount = amount;
  bourse__paper_order_keep(engine, order);
  return order;
}

/* An endless order that takes would never be done: it fills what it reaches, a large order's worth at a time. */
static int32_t place(paper_engine *engine, uint32_t account, uint32_t market, int32_t side, const paper_quote *quote) {
  paper_market *m = &engine->markets[market];
  int32_t endless = quote->amount == PAPER_ENDLESS;
  if (endless) {
    paper_order *taker =
        outside_order(engine, account, market, side, quote->price, PAPER_AMOUNT_CAP - PAPER_AMOUNT_CAP % m->step);
    if (taker == NULL) return BOURSE_ERROR_MEMORY;
    taker->time_in_force = BOURSE_IMMEDIATE_OR_CANCEL;
    bourse__paper_run(engine, taker);
  }
  paper_order *order = outside_order(engine, account, market, side, quote->price, quote->amount);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  if (endless)
    bourse__paper_book_insert(engine, order);
  else
    bourse__paper_run(engine, order);
  return BOURSE_OK;
}

int32_t bourse__paper_outside_depth(paper_engine *engine, uint32_t account, uint32_t market, const paper_quote *bids,
                                    uint32_t bid_count, const paper_quote *asks, uint32_t ask_count) {
  paper_market *m = &engine->markets[market];
  int32_t code = check_side(engine, m, bids, bid_count, 1);
  if (code == BOURSE_OK) code = check_side(engine, m, asks, ask_count, 0);
  if (code != BOURSE_OK) return code;
  if (bid_count > 0 && ask_count > 0 && bids[0].price >= asks[0].price)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "bid", "the bid must be below the ask");
  adjust(engine, account, m, 1, bids, bid_count);
  adjust(engine, account, m, 0, asks, ask_count);
  for (uint32_t i = bid_count; code == BOURSE_OK && i > 0; i--) /* the worst first: each next one is the best */
    if (!has_outside(m, account, 1, bids[i - 1].price))
      code = place(engine, account, market, BOURSE_SIDE_BUY, &bids[i - 1]);
  for (uint32_t i = ask_count; code == BOURSE_OK && i > 0; i--)
    if (!has_outside(m, account, 0, asks[i - 1].price))
      code = place(engine, account, market, BOURSE_SIDE_SELL, &asks[i - 1]);
  bourse__paper_settle_queue(engine);
  return code;
}

int32_t bourse__paper_outside_trade(paper_engine *engine, uint32_t account, uint32_t market, int32_t side,
                                    int64_t price, int64_t amount) {
  paper_market *m = &engine->markets[market];
  if (price <= 0 || price > m->price_max || price % m->tick != 0)
    return bourse__paper_refuse(engine, PAPER_BAD_TICK, "price", "the price is not one of %s", m->about->symbol);
  if (amount <= 0 || amount > PAPER_AMOUNT_CAP || amount % m->step != 0)
    return bourse__paper_refuse(engine, PAPER_BAD_STEP, "amount", "the amount is not one of %s", m->about->symbol);
  paper_order *order = outside_order(engine, account, market, side, price, amount);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  order->time_in_force = BOURSE_IMMEDIATE_OR_CANCEL;
  int64_t rest = bourse__paper_take(engine, order);
  if (rest > 0) bourse__paper_print(engine, market, side, price, rest);
  bourse__paper_settle_queue(engine);
  return BOURSE_OK;
}

void bourse__paper_set_last(paper_engine *engine, uint32_t market, int64_t price) {
  engine->markets[market].last = price;
  engine->markets[market].last_ns = engine->now_ns;
  bourse__paper_price_moved(engine, &engine->markets[market], BOURSE_PRICE_LAST, price);
  bourse__paper_settle_queue(engine);
}

void bourse__paper_set_mark(paper_engine *engine, uint32_t market, int64_t mark, int64_t index_price) {
  paper_market *m = &engine->markets[market];
  if (index_price != 0) {
    m->index_price = index_price;
    bourse__paper_price_moved(engine, m, BOURSE_PRICE_INDEX, index_price);
  }
  if (mark != 0) {
    m->mark = mark;
    bourse__paper_price_moved(engine, m, BOURSE_PRICE_MARK, mark);
    bourse__paper_liquidate(engine, m);
  }
  bourse__paper_settle_queue(engine);
}
