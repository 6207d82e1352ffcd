/* paper/book.c - price levels and the queues in them. Levels are sorted with the best at the end, where the work is. */
#include "core/arena.h"
#include "exchange/paper/state.h"

/* Index of the first level whose price is not worse than `price`, seen from the worst. */
static uint32_t level_index(const paper_side *side, int32_t bids, int64_t price) {
  uint32_t low = 0, high = side->count;
  if (high > 0) { /* at or beyond the best is the common case */
    int64_t best = side->levels[high - 1].price;
    if (bids ? price > best : price < best) return high;
    if (price == best) return high - 1;
  }
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    int64_t at = side->levels[middle].price;
    if (bids ? at < price : at > price)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void level_changed(paper_engine *engine, paper_market *market, int32_t bids, int64_t price, int64_t visible) {
  market->update_id++;
  paper_event *event = bourse__paper_emit(engine, PAPER_EVENT_BOOK, UINT32_MAX, market->index);
  if (event == NULL) return;
  event->u.book.side = bids ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
  event->u.book.price = price;
  event->u.book.amount = visible;
  event->u.book.update_id = market->update_id;
}

static int32_t side_reserve(paper_engine *engine, paper_side *side) {
  if (side->capacity >= side->alive + PAPER_LIST_MAX) return 1;
  uint32_t capacity = side->capacity == 0 ? 32 : side->capacity * 2;
  paper_level *bigger = bourse__realloc(&engine->config.allocator, side->levels, capacity * sizeof *bigger);
  if (bigger == NULL) return 0;
  side->levels = bigger;
  side->capacity = capacity;
  return 1;
}

int32_t bourse__paper_book_reserve(paper_engine *engine, paper_market *market) {
  return side_reserve(engine, &market->sides[0]) && side_reserve(engine, &market->sides[1]);
}

static void append(paper_level *level, paper_order *order) {
  order->previous = level->last;
  order->next = NULL;
  if (level->last != NULL)
    level->last->next = order;
  else
    level->first = order;
  level->last = order;
}

static void unlink_order(paper_level *level, paper_order *order) {
  if (order->previous != NULL)
    order->previous->next = order->next;
  else
    level->first = order->next;
  if (order->next != NULL)
    order->next->previous = order->previous;
  else
    level->last = order->previous;
  order->previous = order->next = NULL;
}

static int64_t visible_sum(int64_t a, int64_t b) {
  int64_t sum;
  return __builtin_add_overflow(a, b, &sum) ? PAPER_ENDLESS : sum;
}

/* Endless orders make a plain sum saturate, so what stays is counted anew then. */
static void recount(paper_level *level) {
  level->visible = 0;
  for (const paper_order *order = level->first; order != NULL; order = order->next)
    level->visible = visible_sum(level->visible, order->shown);
}

void bourse__paper_book_insert(paper_engine *engine, paper_order *order) {
  paper_market *market = market_of(engine, order);
  paper_side *side = own_side(market, order);
  int32_t bids = is_buy(order);
  uint32_t index = level_index(side, bids, order->price);
  int64_t rest = order->amount == PAPER_ENDLESS ? PAPER_ENDLESS : bourse__paper_remaining(order);
  order->shown = order->display > 0 && order->display < rest ? order->display : rest;
  if (index == side->count || side->levels[index].price != order->price) {
    memmove(&side->levels[index + 1], &side->levels[index], (side->count - index) * sizeof *side->levels);
    side->levels[index] = (paper_level){order->price, 0, NULL, NULL};
    side->count++;
  }
  paper_level *level = &side->levels[index];
  append(level, order);
  order->place = PAPER_ON_BOOK;
  level->visible = visible_sum(level->visible, order->shown);
  level_changed(engine, market, bids, level->price, level->visible);
}

void bourse__paper_book_remove(paper_engine *engine, paper_order *order) {
  paper_market *market = market_of(engine, order);
  paper_side *side = own_side(market, order);
  int32_t bids = is_buy(order);
  uint32_t index = level_index(side, bids, order->price);
  paper_level *level = &side->levels[index];
  int64_t price = level->price, visible = 0;
  unlink_order(level, order);
  order->place = PAPER_NOWHERE;
  if (level->first == NULL) {
    side->count--;
    memmove(level, level + 1, (side->count - index) * sizeof *level);
  } else {
    if (level->visible == PAPER_ENDLESS)
      recount(level);
    else
      level->visible -= order->shown;
    visible = level->visible;
  }
  order->shown = 0;
  level_changed(engine, market, bids, price, visible);
}

void bourse__paper_book_shrink(paper_engine *engine, paper_order *order, int64_t less) {
  paper_market *market = market_of(engine, order);
  paper_side *side = own_side(market, order);
  int32_t bids = is_buy(order);
  paper_level *level = &side->levels[level_index(side, bids, order->price)];
  order->shown -= less;
  if (level->visible == PAPER_ENDLESS)
    recount(level);
  else
    level->visible -= less;
  level_changed(engine, market, bids, level->price, level->visible);
}

void bourse__paper_book_refill(paper_engine *engine, paper_order *order) {
  paper_market *market = market_of(engine, order);
  paper_side *side = own_side(market, order);
  int32_t bids = is_buy(order);
  paper_level *level = &side->levels[level_index(side, bids, order->price)];
  int64_t rest = bourse__paper_remaining(order);
  unlink_order(level, order);
  append(level, order);
  order->shown = order->display > 0 && order->display < rest ? order->display : rest;
  recount(level);
  level_changed(engine, market, bids, level->price, level->visible);
}

int64_t bourse__paper_best(const paper_market *market, int32_t side) {
  const paper_side *levels = &market->sides[side == BOURSE_SIDE_BUY ? 0 : 1];
  return levels->count == 0 ? 0 : levels->levels[levels->count - 1].price;
}
