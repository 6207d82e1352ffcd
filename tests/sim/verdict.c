/* tests/sim/verdict.c - what must hold: each intent is one order at the exchange or none, and the library says which; every
 * fill is told, once; balances are the exchange's; a book that could be read was the exchange's at some time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/records.h"
#include "world.h"

#define LEVELS 5

/* Hashes of all states that the book of a market had. */
typedef struct book_states {
  uint64_t *slots;
  uint64_t mask, count, last;
} book_states;

static uint64_t mix(uint64_t hash, uint64_t value) {
  hash ^= value + UINT64_C(0x9e3779b97f4a7c15) + (hash << 6) + (hash >> 2);
  hash *= UINT64_C(0xbf58476d1ce4e5b9);
  return hash ^ (hash >> 29);
}

static void *grab(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL) abort();
  return memory;
}

static int32_t has_state(const book_states *b, uint64_t hash) {
  if (b->mask == 0) return 0;
  for (uint64_t i = hash & b->mask; b->slots[i] != 0; i = (i + 1) & b->mask)
    if (b->slots[i] == hash) return 1;
  return 0;
}

static void add_state(book_states *b, uint64_t hash) {
  if (hash == b->last || has_state(b, hash)) return;
  if (b->count * 2 >= b->mask) {
    uint64_t size = b->mask == 0 ? 1024 : (b->mask + 1) * 2, *old = b->slots, old_mask = b->mask;
    b->slots = grab(size * sizeof *b->slots);
    b->mask = size - 1;
    for (uint64_t i = 0; old != NULL && i <= old_mask; i++) {
      uint64_t k = old[i] & b->mask;
      if (old[i] == 0) continue;
      while (b->slots[k] != 0) k = (k + 1) & b->mask;
      b->slots[k] = old[i];
    }
    free(old);
  }
  uint64_t i = hash & b->mask;
  while (b->slots[i] != 0) i = (i + 1) & b->mask;
  b->slots[i] = hash;
  b->count++;
  b->last = hash;
}

static uint64_t engine_hash(const paper_market *market) {
  uint64_t hash = 1;
  for (int side = 0; side < 2; side++) {
    uint32_t taken = 0;
    for (uint32_t i = market->sides[side].count; i-- > 0 && taken < LEVELS;) {
      const paper_level *level = &market->sides[side].levels[i];
      if (level->visible <= 0) continue;
      hash = mix(mix(hash, (uint64_t)level->price), (uint64_t)level->visible);
      taken++;
    }
    hash = mix(hash, 0xFFFF + (uint64_t)side);
  }
  return hash | 1;
}

static void on_settled(void *user_data) {
  world *w = user_data;
  for (uint32_t i = 0; i < w->venue->market_count; i++)
    add_state(&w->books[i], engine_hash(bourse__paper_market(sim_engine(w->server), w->venue->markets[i])));
}

/* --- Books level by level: where a message tells one level, states between two of the engine's can be read too --- */

typedef struct told_level {
  int64_t price, amount;
} told_level;

typedef struct told_book {
  told_level *sides[2];
  uint32_t count[2];
} told_book;

static void tell_level(told_book *book, int side, told_level told) {
  uint32_t at = 0, count = book->count[side];
  told_level *levels = book->sides[side];
  while (at < count && (side == 0 ? levels[at].price > told.price : levels[at].price < told.price)) at++;
  int32_t there = at < count && levels[at].price == told.price;
  if (told.amount == 0) {
    if (!there) return;
    memmove(levels + at, levels + at + 1, (count - at - 1) * sizeof *levels);
    book->count[side]--;
    return;
  }
  if (!there) {
    levels = book->sides[side] = realloc(levels, (count + 1) * sizeof *levels);
    if (levels == NULL) abort();
    memmove(levels + at + 1, levels + at, (count - at) * sizeof *levels);
    book->count[side]++;
  }
  levels[at] = told;
}

static void on_event(void *user_data, const paper_event *event) {
  world *w = user_data;
  uint32_t market = 0;
  if (event->kind != PAPER_EVENT_BOOK) return;
  while (market < w->venue->market_count && w->venue->markets[market] != event->market) market++;
  if (market == w->venue->market_count) return;
  told_book *book = &w->told[market];
  tell_level(book, event->u.book.side != BOURSE_SIDE_BUY, (told_level){event->u.book.price, event->u.book.amount});
  uint64_t hash = 1;
  for (int which = 0; which < 2; which++) {
    for (uint32_t i = 0; i < book->count[which] && i < LEVELS; i++)
      hash = mix(mix(hash, (uint64_t)book->sides[which][i].price), (uint64_t)book->sides[which][i].amount);
    hash = mix(hash, 0xFFFF + (uint64_t)which);
  }
  add_state(&w->books[market], hash | 1);
}

void verdict_observe(world *w) {
  w->books = grab(w->venue->market_count * sizeof *w->books);
  w->told = grab(w->venue->market_count * sizeof *w->told);
  for (uint32_t i = 0; i < w->venue->market_count; i++)
    for (int side = 0; side < 2; side++) {
      const paper_side *from = &bourse__paper_market(sim_engine(w->server), w->venue->markets[i])->sides[side];
      for (uint32_t k = 0; k < from->count; k++)
        tell_level(&w->told[i], side, (told_level){from->levels[k].price, from->levels[k].visible});
    }
  sim_observe(w->server, w->venue->level_by_level ? on_event : NULL, on_settled, w);
  on_settled(w);
}

static int32_t mix_levels(uint64_t *hash, const paper_market *market, const bourse_level *levels, uint32_t count) {
  for (uint32_t i = 0; i < count && i < LEVELS; i++) {
    int64_t price, amount;
    if (!bourse__paper_units(&price, &levels[i].price, market->price_scale) ||
        !bourse__paper_units(&amount, &levels[i].amount, market->amount_scale))
      return 0;
    *hash = mix(mix(*hash, (uint64_t)price), (uint64_t)amount);
  }
  return 1;
}

void verdict_book(world *w, uint32_t index, const bourse_level *bids, uint32_t bid_count, const bourse_level *asks,
                  uint32_t ask_count) {
  const paper_market *market = bourse__paper_market(sim_engine(w->server), w->venue->markets[index]);
  uint64_t hash = 1;
  w->reads++;
  int32_t fits = mix_levels(&hash, market, bids, bid_count);
  hash = mix(hash, 0xFFFF);
  fits = fits && mix_levels(&hash, market, asks, ask_count);
  hash = mix(hash, 0x10000) | 1;
  if (fits && has_state(&w->books[index], hash)) return;
  char best[2][BOURSE_DECIMAL_TEXT_SIZE] = {"none", "none"};
  if (bid_count > 0) bourse_decimal_format(best[0], sizeof best[0], &bids[0].price);
  if (ask_count > 0) bourse_decimal_format(best[1], sizeof best[1], &asks[0].price);
  world_fail(w, "a book of %s was read that the exchange never had (best %s, %s)", market->about->symbol, best[0],
             best[1]);
}

/* --- Fills --- */

static int64_t market_index(const world *w, const char *symbol) {
  for (uint32_t i = 0; symbol != NULL && i < w->venue->market_count; i++)
    if (strcmp(bourse__paper_market(sim_engine(w->server), w->venue->markets[i])->about->symbol, symbol) == 0) return i;
  return -1;
}

void verdict_fill(world *w, const bourse_fill *fill, int32_t told) {
  int64_t index = market_index(w, fill->symbol);
  fill_seen seen = {.side = fill->side};
  if (index < 0 || fill->id == NULL) {
    world_fail(w, "a fill has no id, or is of a market that is not traded: %s",
               fill->symbol == NULL ? "none" : fill->symbol);
    return;
  }
  const paper_market *market = bourse__paper_market(sim_engine(w->server), w->venue->markets[index]);
  snprintf(seen.id, sizeof seen.id, "%s", fill->id);
  seen.market = (uint32_t)index;
  if (!bourse__paper_units(&seen.price, &fill->price, market->price_scale) ||
      !bourse__paper_units(&seen.amount, &fill->amount, market->amount_scale)) {
    world_fail(w, "fill %s has a price or amount that the exchange does not have", fill->id);
    return;
  }
  for (uint64_t i = w->fill_count; i-- > 0;) {
    fill_seen *other = &w->fills[i];
    /* One id may be two fills of an account that trades with itself. */
    if (other->market != seen.market || strcmp(other->id, seen.id) != 0 || other->side != seen.side) continue;
    if (other->price != seen.price || other->amount != seen.amount)
      world_fail(w, "fill %s was told twice, and not the same", seen.id);
    if (told && other->told_in == (uint32_t)told) world_fail(w, "fill %s was told twice by one stream", seen.id);
    if (told) other->told_in = (uint32_t)told;
    return;
  }
  seen.told_in = (uint32_t)told;
  if (w->fill_count == w->fill_capacity) {
    w->fill_capacity = w->fill_capacity == 0 ? 64 : w->fill_capacity * 2;
    w->fills = realloc(w->fills, w->fill_capacity * sizeof *w->fills);
    if (w->fills == NULL) abort();
  }
  w->fills[w->fill_count++] = seen;
}

static int compare_fills(const void *a, const void *b) {
  const fill_seen *x = a, *y = b;
  if (x->market != y->market) return x->market < y->market ? -1 : 1;
  if (x->side != y->side) return x->side < y->side ? -1 : 1;
  if (x->price != y->price) return x->price < y->price ? -1 : 1;
  if (x->amount != y->amount) return x->amount < y->amount ? -1 : 1;
  return 0;
}

/* What the host was told, against what the exchange did: the same market, side, price and amount, as often. */
static void check_fills(world *w) {
  const paper_account *account = bourse__paper_account(sim_engine(w->server), w->account);
  uint32_t count = account->fills.count;
  fill_seen *truth = grab((count + 1) * sizeof *truth);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    const paper_fill *fill = bourse__paper_ring_at(&account->fills, i);
    for (uint32_t k = 0; k < w->venue->market_count; k++)
      if (w->venue->markets[k] == fill->market)
        truth[kept++] = (fill_seen){.market = k, .side = fill->side, .price = fill->price, .amount = fill->amount};
  }
  qsort(truth, kept, sizeof *truth, compare_fills);
  if (w->fill_count > 0) qsort(w->fills, w->fill_count, sizeof *w->fills, compare_fills);
  uint32_t i = 0;
  while (i < kept && i < w->fill_count && compare_fills(&truth[i], &w->fills[i]) == 0) i++;
  if (i < kept || i < w->fill_count) {
    int32_t invented = i == kept || (i < w->fill_count && compare_fills(&truth[i], &w->fills[i]) > 0);
    const fill_seen *first = invented ? &w->fills[i] : &truth[i];
    world_fail(w, "the exchange has %u fills, the host was told of %llu; %s is first a %s of %lld for %lld in %s %s",
               kept, (unsigned long long)w->fill_count, invented ? "invented" : "missing",
               first->side == BOURSE_SIDE_SELL ? "sell" : "buy", (long long)first->amount, (long long)first->price,
               bourse__paper_market(sim_engine(w->server), w->venue->markets[first->market])->about->symbol, first->id);
  }
  free(truth);
}

/* --- Orders --- */

/* An order as the exchange has it: with its engine, or kept by the dialect because it waits, or waited, for its condition. What
 * a condition became is what the order is then. */
typedef struct true_order {
  int32_t status, reason, open, traded;
  int64_t fired_ns; /* when it became what it is now */
} true_order;

static true_order truth_of(const paper_order *order) {
  return (true_order){order->status, order->reason, bourse__paper_is_open(order), order->filled > 0, 0};
}

/* Of this account only, and such that are not the engine's. 0: past the last. */
static int32_t next_kept(const world *w, uint32_t *index, sim_kept *out) {
  while (sim_kept_at(w->server, (*index)++, out))
    if (out->account == w->account && out->client_id != NULL) return 1;
  return 0;
}

/* The one order that a pair is, as that of one of its two: when the other has fired, this one is over. */
static true_order truth_of_kept(const world *w, const sim_kept *kept, int32_t is_stop) {
  uint64_t id = kept->fired == 0 ? 0 : kept->became;
  if (kept->fired != 0 && (kept->fired == 2) != is_stop)
    return (true_order){BOURSE_ORDER_CANCELED, PAPER_LIST, 0, 0, 0};
  if (kept->fired == 0 && kept->rests == 0) id = kept->became;
  const paper_order *became = id == 0 ? NULL : bourse__paper_find(sim_engine(w->server), w->account, id, NULL);
  if (became == NULL) return (true_order){kept->status, kept->reason, kept->status == BOURSE_ORDER_UNTRIGGERED, 0, 0};
  true_order truth = truth_of(became);
  truth.fired_ns = kept->since_ns;
  return truth;
}

static uint32_t orders_of(const world *w, const bourse_journal_entry *entry, true_order *out) {
  int32_t as_one = w->venue->lists == LIMITED && entry->list_client_id != NULL;
  const char *client_id = as_one ? entry->list_client_id : entry->client_order_id;
  const paper_account *account = bourse__paper_account(sim_engine(w->server), w->account);
  uint32_t count = 0, index = 0;
  sim_kept kept;
  for (const paper_order *order = account->all.first; order != NULL; order = order->all_next)
    if (strcmp(sim_client_id(order), client_id) == 0) {
      *out = truth_of(order);
      count++;
    }
  while (next_kept(w, &index, &kept))
    if (strcmp(kept.client_id, client_id) == 0) {
      *out = truth_of_kept(w, &kept, bourse_decimal_is_present(&entry->stop_loss_price));
      count++;
    }
  return count;
}

/* What a condition became is an order of its own, which nobody gave a name. */
static int32_t came_of_kept(const world *w, const paper_order *order) {
  uint32_t index = 0;
  sim_kept kept;
  while (order->client_id[0] == '\0' && next_kept(w, &index, &kept))
    if (kept.became == order->id || kept.rests == order->id) return 1;
  return 0;
}

/* The exchange's state of an order, in the words that the journal has. */
static int32_t status_fits(const world *w, const true_order *order, const bourse_journal_entry *entry) {
  const bourse_order *known = bourse_journal_entry_order(entry);
  /* That it fired is told; how the order is that it became is asked for a moment later. */
  if (order->fired_ns > w->now_ns - 10 * SECOND && entry->state == BOURSE_JOURNAL_OPEN && known != NULL &&
      known->status == BOURSE_ORDER_TRIGGERED)
    return 1;
  if (entry->state == BOURSE_JOURNAL_OPEN) return order->open;
  if (entry->state != BOURSE_JOURNAL_FINAL || order->open || known == NULL) return 0;
  /* Exchanges call the rest of an order that is done at once canceled or expired, each in its way. */
  return (known->status == BOURSE_ORDER_FILLED) == (order->status == BOURSE_ORDER_FILLED);
}

/* Taken, and ended at once without a fill: the engine refused it. */
static int32_t is_refused(const bourse_order *order) {
  return order != NULL &&
         (order->status == BOURSE_ORDER_CANCELED || order->status == BOURSE_ORDER_EXPIRED ||
          order->status == BOURSE_ORDER_REJECTED) &&
         bourse_decimal_sign(&order->filled) == 0;
}

/* It was not to rest, and found nothing: some exchanges call that a refusal. */
static int32_t was_unfilled(const true_order *order) {
  return !order->traded && !order->open &&
         (order->reason == PAPER_UNFILLED || order->reason == PAPER_WOULD_TAKE || order->reason == PAPER_NO_LIQUIDITY);
}

/* Neither there now nor traded: of what the exchange forgets no more can be known. */
static int32_t is_forgotten(const world *w, const bourse_journal_entry *entry, const true_order *order) {
  return w->venue->forgets_conditional && entry->conditional > 0 && entry->state == BOURSE_JOURNAL_FINAL &&
         entry->outcome == BOURSE_OUTCOME_UNKNOWN && !order->traded && !order->open;
}

static void check_entry(world *w, const bourse_journal_entry *entry) {
  true_order order = {0, 0, 0, 0, 0};
  const char *id = entry->client_order_id;
  uint32_t count = orders_of(w, entry, &order);
  if (count > 1)
    world_fail(w, "%s is %u orders at the exchange", id, count);
  else if (entry->state != BOURSE_JOURNAL_OPEN && entry->state != BOURSE_JOURNAL_FINAL)
    world_fail(w, "%s is not settled: state %d", id, entry->state);
  else if (is_forgotten(w, entry, &order))
    return;
  else if (count == 1 && entry->outcome == BOURSE_OUTCOME_REJECTED && was_unfilled(&order))
    return;
  else if (count == 0 && w->venue->lists_refused && is_refused(bourse_journal_entry_order(entry)))
    return;
  else if ((entry->outcome == BOURSE_OUTCOME_EXECUTED) != (count == 1))
    world_fail(w, "%s %s at the exchange, and the library says %s", id, count == 1 ? "is" : "is not",
               bourse_outcome_name(entry->outcome));
  else if (count == 1 && !status_fits(w, &order, entry))
    world_fail(w, "%s has status %d at the exchange, and the journal says state %d, status %d", id, order.status,
               entry->state, bourse_journal_entry_order(entry) == NULL ? 0 : bourse_journal_entry_order(entry)->status);
}

static int32_t is_order(const bourse_journal_entry *entry) {
  return entry->client_order_id != NULL && entry->side != 0;
}

static int32_t is_known(const bourse_result *journal, const char *client_id) {
  for (uint32_t i = 0; i < bourse_result_count(journal); i++) {
    const bourse_journal_entry *entry = bourse_result_journal_entry(journal, i);
    if (is_order(entry) && (strcmp(entry->client_order_id, client_id) == 0 ||
                            (entry->list_client_id != NULL && strcmp(entry->list_client_id, client_id) == 0)))
      return 1;
  }
  return 0;
}

/* Every entry of the journal against the exchange; and every order there against the journal. */
void verdict_orders(world *w, const bourse_result *journal) {
  const paper_account *account = bourse__paper_account(sim_engine(w->server), w->account);
  uint32_t entries = bourse_result_count(journal), index = 0;
  sim_kept kept;
  for (uint32_t i = 0; i < entries; i++)
    if (is_order(bourse_result_journal_entry(journal, i))) check_entry(w, bourse_result_journal_entry(journal, i));
  for (const paper_order *order = account->all.first; order != NULL; order = order->all_next)
    if (!is_known(journal, sim_client_id(order)) && !came_of_kept(w, order))
      world_fail(w, "order %llu (%s) is at the exchange and not in the journal", (unsigned long long)order->id,
                 order->client_id);
  while (next_kept(w, &index, &kept))
    if (!is_known(journal, kept.client_id))
      world_fail(w, "a conditional order (%s) is at the exchange and not in the journal", kept.client_id);
}

/* --- Balances --- */

void verdict_balances(world *w, const bourse_result *result) {
  const paper_engine *engine = sim_engine(w->server);
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    const bourse_balance *balance = bourse_result_balance(result, i);
    int64_t currency = bourse__paper_currency_index(engine, balance->currency);
    if (currency < 0) continue;
    const paper_balance *truth = bourse__paper_balance(engine, w->account, w->venue->wallet, (uint32_t)currency);
    /* Exchanges show so many decimals of free and of locked. */
    const paper_money shown = (paper_money)20000000000;
    paper_money told;
    if (!bourse_decimal_is_present(&balance->total)) continue;
    int32_t fits = bourse__paper_to_money(&told, &balance->total);
    if (!fits || told > truth->total + shown || told < truth->total - shown)
      snprintf(w->balances_wrong, sizeof w->balances_wrong, "%s", balance->currency);
  }
}

void verdict_limits(world *w) {
  if (w->counts_limits && sim_violations(w->server) > 0)
    world_fail(w, "requests were over a rate limit, by up to %llu", (unsigned long long)sim_violations(w->server));
}

void verdict_end(world *w) {
  check_fills(w);
  verdict_limits(w);
}

void verdict_free(world *w) {
  for (uint32_t i = 0; w->books != NULL && i < w->venue->market_count; i++) free(w->books[i].slots);
  for (uint32_t i = 0; w->told != NULL && i < w->venue->market_count; i++) {
    free(w->told[i].sides[0]);
    free(w->told[i].sides[1]);
  }
  free(w->told);
  free(w->books);
  free(w->fills);
}
