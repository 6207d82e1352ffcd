/* paper/state.h - the engine's inside, shared by its files. */
#ifndef PAPER_STATE_H
#define PAPER_STATE_H

#include <bourse/error.h>
#include <string.h>

#include "exchange/paper/engine.h"

#define PAPER_MONEY_MAX  ((paper_money)1000000000000000 * 1000000000000000000) /* of one order: 10^15 whole units */
#define PAPER_TOTAL_MAX  (PAPER_MONEY_MAX * 1000)                              /* of a balance */
#define PAPER_AMOUNT_CAP ((int64_t)1 << 53)                                    /* of an order, in units */
#define PAPER_CODE_SIZE  24

typedef struct paper_currency {
  char code[PAPER_CODE_SIZE];
  paper_pools pools;
} paper_currency;

struct paper_engine {
  paper_config config;
  int64_t now_ns;
  int64_t next_expiry_ns; /* no open order expires before this */
  uint64_t next_id;
  uint64_t sequence;
  paper_market *markets;
  paper_account *accounts;
  paper_currency *currencies;
  uint32_t market_count, account_count, currency_count;
  uint32_t outside;    /* the first unlimited account; UINT32_MAX: none */
  paper_chain queued;  /* fired by prices or brought to life by lists, waiting for the current match to end */
  paper_chain delayed; /* by due time */
  paper_order *unused;
  struct paper_slab *slabs;
  paper_order **by_id;
  paper_order **by_client;
  uint32_t bucket_count; /* of each table; a power of two */
  uint32_t kept;         /* orders in the tables */
  int32_t settling;      /* the queue is being worked off */
  int32_t closed;        /* a position has closed: resting reduce-only orders may have nothing left to reduce */
  int32_t deficit;       /* a loss has left an account with less than its orders hold */
  paper_ring events;
  paper_error error;
};

typedef struct paper_slab {
  struct paper_slab *next;
  paper_order orders[64];
} paper_slab;

/* engine.c */
int32_t bourse__paper_refuse(paper_engine *engine, int32_t reason, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int32_t bourse__paper_ring_reserve(paper_engine *engine, paper_ring *ring, uint32_t more);
void *bourse__paper_ring_push(paper_ring *ring); /* room was reserved, or the oldest goes */
paper_event *bourse__paper_emit(paper_engine *engine, int32_t kind, uint32_t account, uint32_t market); /* or NULL */
void bourse__paper_emit_order(paper_engine *engine, const paper_order *order);
void bourse__paper_chain_append(paper_chain *chain, paper_order *order);
void bourse__paper_chain_remove(paper_chain *chain, paper_order *order);
paper_order *bourse__paper_order_new(paper_engine *engine, uint32_t account, uint32_t market);
void bourse__paper_order_keep(paper_engine *engine, paper_order *order); /* into tables and chains */
void bourse__paper_order_drop(paper_engine *engine, paper_order *order); /* that was never kept */
/* Ends an order: off its place, money unlocked, lists told. An unlimited account's order is gone after this. */
void bourse__paper_finish(paper_engine *engine, paper_order *order, int32_t status, int32_t reason);

/* rules.c: the order from the request; BOURSE_OK or a refusal. `pending_sized`: the amount comes later. */
int32_t bourse__paper_read_order(paper_engine *engine, paper_order *order, const bourse_order_request *request,
                                 int32_t pending_sized);
/* Price and amount rules of the market, for what the order's fields hold. */
int32_t bourse__paper_check_rules(paper_engine *engine, const paper_order *order, int32_t check_cost);

/* book.c */
/* Levels for the orders of one more list, on either side; 0: memory is out. So resting never fails. */
int32_t bourse__paper_book_reserve(paper_engine *engine, paper_market *market);
void bourse__paper_book_insert(paper_engine *engine, paper_order *order);
void bourse__paper_book_remove(paper_engine *engine, paper_order *order);
void bourse__paper_book_shrink(paper_engine *engine, paper_order *order, int64_t less); /* shown part, in place */
void bourse__paper_book_refill(paper_engine *engine, paper_order *order); /* iceberg: next part, at the queue's end */

/* funds.c */
int32_t bourse__paper_cost(paper_money *out, const paper_market *market, int64_t price,
                           int64_t amount); /* 0: too large */
/* amount * part / whole, down; part <= whole, both positive. */
paper_money bourse__paper_share(paper_money amount, int64_t part, int64_t whole);
int32_t bourse__paper_lock(paper_engine *engine, paper_order *order); /* what it needs; refuses when that is not free */
void bourse__paper_unlock_excess(paper_engine *engine, paper_order *order); /* what it no longer needs */
void bourse__paper_unlock(paper_engine *engine, paper_order *order);
void bourse__paper_unlock_part(paper_engine *engine, paper_order *order, int64_t amount);
/* How much of `amount` could trade at `price` by the account's money and position; 0 with *reason otherwise. */
int64_t bourse__paper_fundable(paper_engine *engine, const paper_order *order, int64_t price, int64_t amount,
                               int32_t *reason);
int64_t bourse__paper_closable(const paper_engine *engine, const paper_order *order); /* size that it could close */
int32_t bourse__paper_only_reduces(const paper_engine *engine, const paper_order *order);
/* Margin and fee for trading `amount` for `cost`, where that opens. */
paper_money bourse__paper_margin_need(const paper_engine *engine, const paper_order *order, int64_t amount,
                                      paper_money cost);
int32_t bourse__paper_fill_reserve(paper_engine *engine, const paper_order *order);
/* One side of a trade: money, position, fee, the fill's record. Room was reserved. */
void bourse__paper_settle(paper_engine *engine, paper_order *order, uint64_t trade_id, int64_t price, int64_t amount,
                          int32_t role);
void bourse__paper_liquidate(paper_engine *engine, paper_market *market);
/* Cancels orders, newest first, of accounts whose losses have left less than their orders hold. */
void bourse__paper_cover_deficits(paper_engine *engine);

/* match.c */
typedef struct paper_sweep {
  int64_t amount;
  paper_money cost;
  int64_t last_price; /* of the worst level it reached; 0: none */
  int32_t own;        /* stopped at, or passed over, an order of the same account */
} paper_sweep;
/* What the order would get now. careful: count only makers that are sure to trade. */
paper_sweep bourse__paper_sweep(const paper_engine *engine, const paper_order *order, int32_t careful);
/* What depends on the state of market and account, and the money; BOURSE_OK or a refusal with nothing changed. */
int32_t bourse__paper_admit(paper_engine *engine, paper_order *order);
/* An admitted order acts: waits for its trigger, or matches and rests. */
void bourse__paper_run(paper_engine *engine, paper_order *order);
/* The order takes what it reaches and ends; what is left of it. */
int64_t bourse__paper_take(paper_engine *engine, paper_order *order);
/* A trade among others. */
void bourse__paper_print(paper_engine *engine, uint32_t market, int32_t side, int64_t price, int64_t amount);
void bourse__paper_price_moved(paper_engine *engine, paper_market *market, int32_t which, int64_t price);
/* Works off what fired. */
void bourse__paper_settle_queue(paper_engine *engine);
/* The order is about to trade or has fired: the other of its pair goes. */
void bourse__paper_claim(paper_engine *engine, paper_order *order);
/* The order ended: what that means for the others of its list. */
void bourse__paper_list_ended(paper_engine *engine, paper_order *order);
paper_order *bourse__paper_partner(const paper_order *order);               /* the open other of its pair, or NULL */
int64_t bourse__paper_reference(const paper_market *market, int32_t which); /* price that triggers look at; 0: none */

static inline paper_market *market_of(const paper_engine *engine, const paper_order *order) {
  return &engine->markets[order->market];
}

static inline paper_account *account_of(const paper_engine *engine, const paper_order *order) {
  return &engine->accounts[order->account];
}

static inline paper_balance *balance_at(const paper_engine *engine, uint32_t account, uint32_t wallet,
                                        uint32_t currency) {
  return &engine->accounts[account].balances[(size_t)currency * PAPER_WALLETS + wallet];
}

static inline uint32_t wallet_of(const paper_engine *engine, uint32_t account, const paper_market *market) {
  return engine->accounts[account].joined ? 0 : market->wallet;
}

static inline int32_t is_buy(const paper_order *order) { return order->side == BOURSE_SIDE_BUY; }

static inline paper_side *own_side(paper_market *market, const paper_order *order) {
  return &market->sides[is_buy(order) ? 0 : 1];
}

/* What it pays with. */
static inline uint32_t paying_currency(const paper_market *market, const paper_order *order) {
  if (market->linear) return market->settle;
  return is_buy(order) ? market->quote : market->base;
}

static inline int32_t waits_for_trigger(const paper_order *order) {
  return order->trigger_kind != PAPER_TRIGGER_NONE && !order->fired;
}

#endif
