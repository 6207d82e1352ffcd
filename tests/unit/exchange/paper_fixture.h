/* paper_fixture.h - an engine with a spot and a linear market, and short ways to place orders, for the paper tests. */
#ifndef PAPER_FIXTURE_H
#define PAPER_FIXTURE_H

#include <bourse/error.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "exchange/paper/engine.h"

#define USERS  3
#define SECOND INT64_C(1000000000)

typedef struct fixture {
  paper_engine *engine;
  bourse_market about[2];
  uint32_t spot, perp;
  uint32_t outside;
  uint32_t user[USERS];
  uint32_t btc, usdt;
} fixture;

static inline bourse_decimal dec(const char *text) {
  bourse_decimal out = {0, 0, 0, 0};
  if (text != NULL && bourse_decimal_parse(&out, text, SIZE_MAX) != BOURSE_OK) abort();
  return out;
}

static inline paper_money money(const char *text) {
  bourse_decimal value = dec(text);
  paper_money out;
  if (!bourse__paper_to_money(&out, &value)) abort();
  return out;
}

static inline void describe_markets(fixture *f) {
  memset(f->about, 0, sizeof f->about);
  for (int i = 0; i < 2; i++) {
    bourse_market *m = &f->about[i];
    m->symbol = i == 0 ? "BTC/USDT" : "BTC/USDT:USDT";
    m->id = "BTCUSDT";
    m->base = "BTC";
    m->quote = "USDT";
    m->settle = i == 0 ? NULL : "USDT";
    m->product = i == 0 ? BOURSE_PRODUCT_SPOT : BOURSE_PRODUCT_LINEAR;
    m->contract_size = dec("1");
    m->price_tick = dec("0.5");
    m->amount_step = dec("0.01");
    m->amount_min = dec("0.02");
    m->amount_max = dec("1000");
    m->price_max = dec("100000");
    m->cost_min = dec("5");
    m->cost_min_market = BOURSE_YES;
    m->maker_fee = dec("0.001");
    m->taker_fee = dec("0.002");
  }
}

static inline int32_t fixture_fill(fixture *f) {
  int32_t code = BOURSE_OK;
  for (uint32_t i = 0; i < 2 && code == BOURSE_OK; i++) {
    paper_market_spec spec = {&f->about[i], i, 20, 10, dec("0.005")};
    code = bourse__paper_add_market(i == 0 ? &f->spot : &f->perp, f->engine, &spec);
  }
  if (code == BOURSE_OK) code = bourse__paper_add_account(&f->outside, f->engine, 1);
  if (code == BOURSE_OK) code = bourse__paper_add_currency(&f->btc, f->engine, "BTC");
  if (code == BOURSE_OK) code = bourse__paper_add_currency(&f->usdt, f->engine, "USDT");
  for (int i = 0; i < USERS && code == BOURSE_OK; i++) {
    code = bourse__paper_add_account(&f->user[i], f->engine, 0);
    if (code == BOURSE_OK) code = bourse__paper_deposit(f->engine, f->user[i], 0, f->btc, money("10"), "deposit");
    if (code == BOURSE_OK) code = bourse__paper_deposit(f->engine, f->user[i], 0, f->usdt, money("10000"), "deposit");
    if (code == BOURSE_OK) code = bourse__paper_deposit(f->engine, f->user[i], 1, f->usdt, money("10000"), "deposit");
  }
  return code;
}

/* Spot in wallet 0, linear in wallet 1; each user has 10 BTC and 10000 USDT, and 10000 USDT for futures. */
static inline int32_t fixture_open_with(fixture *f, const paper_config *config) {
  memset(f, 0, sizeof *f);
  describe_markets(f);
  int32_t code = bourse__paper_new(&f->engine, config);
  if (code == BOURSE_OK) code = fixture_fill(f);
  if (code != BOURSE_OK) {
    bourse__paper_free(f->engine);
    f->engine = NULL;
  }
  return code;
}

static inline paper_config fixture_config(void) {
  paper_config config;
  memset(&config, 0, sizeof config);
  config.allocator = bourse__default_allocator;
  config.events = PAPER_EVENTS_ALL;
  return config;
}

static inline void fixture_open(fixture *f) {
  paper_config config = fixture_config();
  if (fixture_open_with(f, &config) != BOURSE_OK) abort();
}

static inline void fixture_close(fixture *f) { bourse__paper_free(f->engine); }

static inline bourse_order_request order_of(int32_t side, int32_t type, const char *amount, const char *price) {
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  request.side = side;
  request.type = type;
  request.amount = dec(amount);
  request.price = dec(price);
  return request;
}

static inline bourse_order_request buy_limit(const char *amount, const char *price) {
  return order_of(BOURSE_SIDE_BUY, BOURSE_ORDER_LIMIT, amount, price);
}

static inline bourse_order_request sell_limit(const char *amount, const char *price) {
  return order_of(BOURSE_SIDE_SELL, BOURSE_ORDER_LIMIT, amount, price);
}

static inline bourse_order_request buy_market(const char *amount) {
  return order_of(BOURSE_SIDE_BUY, BOURSE_ORDER_MARKET, amount, NULL);
}

static inline bourse_order_request sell_market(const char *amount) {
  return order_of(BOURSE_SIDE_SELL, BOURSE_ORDER_MARKET, amount, NULL);
}

/* The order, or NULL when it was refused. */
static inline paper_order *put(fixture *f, uint32_t user, uint32_t market, bourse_order_request request) {
  paper_order *order = NULL;
  return bourse__paper_submit(&order, f->engine, user, market, &request) == BOURSE_OK ? order : NULL;
}

static inline const paper_balance *held(const fixture *f, uint32_t user, uint32_t wallet, uint32_t currency) {
  return bourse__paper_balance(f->engine, user, wallet, currency);
}

/* Units of the fixture's markets. */
static inline int64_t px(const char *price) {
  bourse_decimal value = dec(price);
  int64_t out;
  if (!bourse__paper_units(&out, &value, 1)) abort();
  return out;
}

static inline int64_t qty(const char *amount) {
  bourse_decimal value = dec(amount);
  int64_t out;
  if (!bourse__paper_units(&out, &value, 2)) abort();
  return out;
}

/* One bid and one ask of the outside market. */
static inline int32_t quote(fixture *f, uint32_t market, const char *bid, const char *bid_amount, const char *ask,
                            const char *ask_amount) {
  paper_quote b = {px(bid), qty(bid_amount)}, a = {px(ask), qty(ask_amount)};
  return bourse__paper_outside_depth(f->engine, f->outside, market, &b, 1, &a, 1);
}

static inline int32_t print_at(fixture *f, uint32_t market, int32_t side, const char *price, const char *amount) {
  return bourse__paper_outside_trade(f->engine, f->outside, market, side, px(price), qty(amount));
}

static inline int32_t reason(const fixture *f) { return bourse__paper_error(f->engine)->reason; }

/* --- What must hold at any time; NULL, or what does not. --- */

static inline const char *check_money(const fixture *f) {
  const paper_engine *e = f->engine;
  for (uint32_t c = 0; c < bourse__paper_currency_count(e); c++) {
    const paper_pools *pools = bourse__paper_pools(e, c);
    paper_money sum = pools->fees + pools->insurance + pools->clearing, entries = 0;
    for (uint32_t a = 0; a < bourse__paper_account_count(e); a++)
      for (uint32_t w = 0; w < PAPER_WALLETS; w++) sum += bourse__paper_balance(e, a, w, c)->total;
    if (sum != pools->deposited) return "money came from nowhere or went nowhere";
    for (uint32_t a = 0; a < bourse__paper_account_count(e); a++)
      for (uint32_t m = 0; m < bourse__paper_market_count(e); m++)
        if (bourse__paper_market(e, m)->linear && bourse__paper_market(e, m)->settle == c)
          entries += bourse__paper_account(e, a)->holdings[m].slots[PAPER_LONG].entry_cost -
                     bourse__paper_account(e, a)->holdings[m].slots[PAPER_SHORT].entry_cost;
    if (pools->clearing + entries != 0) return "realized profits and open positions do not add up";
  }
  for (uint32_t m = 0; m < bourse__paper_market_count(e); m++) {
    int64_t size = 0;
    for (uint32_t a = 0; a < bourse__paper_account_count(e); a++)
      size += bourse__paper_account(e, a)->holdings[m].slots[PAPER_LONG].size -
              bourse__paper_account(e, a)->holdings[m].slots[PAPER_SHORT].size;
    if (size != 0) return "longs and shorts differ";
  }
  return NULL;
}

static inline const char *check_account(const fixture *f, uint32_t a) {
  const paper_engine *e = f->engine;
  const paper_account *account = bourse__paper_account(e, a);
  uint32_t open = 0;
  for (const paper_order *o = account->open.first; o != NULL; o = o->owner_next, open++) {
    if (!bourse__paper_is_open(o)) return "a closed order among the open";
    if (o->locked < 0) return "a negative lock";
    if (o->amount != PAPER_ENDLESS && o->amount > 0 && o->filled + o->prevented > o->amount)
      return "filled above amount";
    if (o->cost_asked > 0 && o->cost_filled > o->cost_asked) return "spent above cost";
    if (o->place == PAPER_NOWHERE) return "an open order is nowhere";
    if (o->place == PAPER_QUEUED) return "a fired order was left in the queue";
  }
  if (open != account->open_count) return "open orders miscounted";
  for (const paper_order *o = account->closed.first; o != NULL; o = o->owner_next) {
    if (o->locked != 0) return "a closed order holds money";
    if (o->filled + o->prevented > o->amount) return "filled above amount";
    if (o->status == BOURSE_ORDER_FILLED && o->filled != o->amount) return "filled, but not whole";
    if (o->cost_asked > 0 && o->cost_filled > o->cost_asked) return "spent above cost";
  }
  if (account->unlimited) return NULL;
  for (uint32_t w = 0; w < PAPER_WALLETS; w++)
    for (uint32_t c = 0; c < bourse__paper_currency_count(e); c++) {
      const paper_balance *b = bourse__paper_balance(e, a, w, c);
      paper_money locked = 0, margin = 0;
      for (const paper_order *o = account->open.first; o != NULL; o = o->owner_next) {
        const paper_market *m = bourse__paper_market(e, o->market);
        uint32_t paid = m->linear ? m->settle : o->side == BOURSE_SIDE_BUY ? m->quote : m->base;
        if ((account->joined ? 0 : m->wallet) == w && paid == c) locked += o->locked;
      }
      for (uint32_t m = 0; m < bourse__paper_market_count(e); m++)
        if ((account->joined ? 0 : bourse__paper_market(e, m)->wallet) == w && bourse__paper_market(e, m)->linear &&
            bourse__paper_market(e, m)->settle == c)
          margin += account->holdings[m].slots[0].margin + account->holdings[m].slots[1].margin;
      if (b->total < 0) return "a negative balance";
      if (b->locked != locked) return "locked is not what the open orders hold";
      if (b->margin != margin) return "margin is not what the positions hold";
      if (b->locked > b->total) return "more locked than there is";
    }
  return NULL;
}

static inline const char *check_book(const fixture *f, uint32_t market) {
  const paper_market *m = bourse__paper_market(f->engine, market);
  uint32_t alive[2] = {0, 0};
  for (int s = 0; s < 2; s++) {
    const paper_side *side = &m->sides[s];
    for (uint32_t i = 0; i < side->count; i++) {
      const paper_level *level = &side->levels[i];
      int64_t visible = 0, last = 0;
      if (i > 0 && (s == 0 ? level->price <= level[-1].price : level->price >= level[-1].price))
        return "levels out of order";
      if (level->first == NULL) return "an empty level";
      for (const paper_order *o = level->first; o != NULL; o = o->next) {
        if (o->price != level->price || o->place != PAPER_ON_BOOK) return "an order in the wrong place";
        if (o->shown <= 0 || (o->display > 0 && o->shown > o->display)) return "an order shows the wrong amount";
        if (o->shown > bourse__paper_remaining(o)) return "an order shows more than it has";
        visible = o->shown > PAPER_ENDLESS - visible ? PAPER_ENDLESS : visible + o->shown;
        last++;
      }
      if (visible != level->visible) return "a level's visible amount is wrong";
    }
  }
  if (m->sides[0].count > 0 && m->sides[1].count > 0 &&
      bourse__paper_best(m, BOURSE_SIDE_BUY) >= bourse__paper_best(m, BOURSE_SIDE_SELL))
    return "the book is crossed";
  for (uint32_t a = 0; a < bourse__paper_account_count(f->engine); a++)
    for (const paper_order *o = bourse__paper_account(f->engine, a)->open.first; o != NULL; o = o->owner_next)
      if (o->market == market) alive[o->side == BOURSE_SIDE_BUY ? 0 : 1]++;
  if (alive[0] != m->sides[0].alive || alive[1] != m->sides[1].alive) return "orders of a side miscounted";
  if (m->sides[0].alive > m->sides[0].capacity || m->sides[1].alive > m->sides[1].capacity) return "no room to rest";
  return NULL;
}

static inline const char *check_all(const fixture *f) {
  const char *wrong = check_money(f);
  for (uint32_t a = 0; wrong == NULL && a < bourse__paper_account_count(f->engine); a++) wrong = check_account(f, a);
  for (uint32_t m = 0; wrong == NULL && m < bourse__paper_market_count(f->engine); m++) wrong = check_book(f, m);
  return wrong;
}

/* Small, fast, and the same everywhere. */
static inline uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static inline int64_t below(uint64_t *state, int64_t limit) { return (int64_t)(next_random(state) % (uint64_t)limit); }

#endif
