/* paper/adapter.h - state of a handle, and what the files of the adapter share. */
#ifndef PAPER_ADAPTER_H
#define PAPER_ADAPTER_H

#include <bourse/sys/adapter.h>

#include "exchange/paper/engine.h"
#include "exchange/paper/feed.h"
#include "exchange/paper/paper.h"

enum { PAPER_SPOT_WALLET = 0, PAPER_LINEAR_WALLET = 1 };

/* Money that came, went, or moved between wallets. */
typedef struct paper_movement {
  uint64_t id;
  int64_t time_ns;
  uint32_t currency;
  int32_t from; /* BOURSE_WALLET_*; 0: from outside */
  int32_t to;   /* 0: to outside */
  paper_money amount;
  char client_id[40];
  char network[24];
  char address[128];
  char tag[64];
} paper_movement;

typedef struct paper_state {
  bourse_allocator allocator;
  paper_engine *engine;
  paper_feed *feed;
  uint32_t user;
  uint32_t outside;
  uint64_t seed;
  int64_t switch_ns;      /* when all orders go (cancel_all_orders_after); 0: off */
  uint32_t switch_market; /* of this market; UINT32_MAX: of all */
  uint64_t movement_count;
  paper_ring movements;
  bourse_market markets[PAPER_MARKETS];
} paper_state;

typedef struct paper_currency_info {
  const char *code;
  const char *name;
  bourse_decimal step;
} paper_currency_info;

#define PAPER_CURRENCIES 6
extern const paper_currency_info bourse__paper_currencies[PAPER_CURRENCIES];

/* adapter.c */
/* Time goes on to call->now_ns. Sets the failure. */
int32_t bourse__paper_catch_up(bourse_call *call);
/* The engine refused: its error is the call's. */
int32_t bourse__paper_refused(bourse_call *call, const char *field);
/* Index of a market of the tables of the library; every one of them is ours. */
uint32_t bourse__paper_index(const paper_state *state, const bourse_market *market);
/* Markets that the call is about: given by symbol or symbols, else all of the product (`product` 0: all). *out holds
 * PAPER_MARKETS indexes at least... as many as there are; NULL when memory is out (the failure is set). */
const uint32_t *bourse__paper_chosen(uint32_t *count, bourse_call *call, int32_t product);
/* A static code, so that it outlives the handle. */
const char *bourse__paper_code(const paper_state *state, uint32_t currency);
/* Index of the currency the call names; -1 with the failure set. */
int64_t bourse__paper_currency_of(bourse_call *call, const char *code);
int32_t bourse__paper_memory(bourse_call *call); /* sets the failure */
/* Records [*first, *first + *count) of `total` that since/limit want: from the oldest with since, else the newest. */
void bourse__paper_page(uint32_t *first, uint32_t *count, uint32_t total, const bourse_call *call, uint32_t usual);

static inline paper_state *state_of(const bourse_call *call) { return call->state; }

static inline const paper_market *engine_market(const bourse_call *call, uint32_t index) {
  return bourse__paper_market(state_of(call)->engine, index);
}

static inline bourse_decimal price_of(const paper_market *market, int64_t price) {
  return bourse__paper_decimal(price, market->price_scale);
}

static inline bourse_decimal amount_of(const paper_market *market, int64_t amount) {
  return bourse__paper_decimal(amount, market->amount_scale);
}

static inline int32_t in_range(const bourse_call *call, int64_t time_ns) {
  return time_ns >= call->since_ns && (call->until_ns == 0 || time_ns <= call->until_ns);
}

/* public.c */
int32_t bourse__paper_fetch_time(bourse_call *call);
int32_t bourse__paper_fetch_status(bourse_call *call);
int32_t bourse__paper_fetch_markets(bourse_call *call);
int32_t bourse__paper_fetch_currencies(bourse_call *call);
int32_t bourse__paper_fetch_tickers(bourse_call *call);
int32_t bourse__paper_fetch_order_book(bourse_call *call);
int32_t bourse__paper_fetch_trades(bourse_call *call);
int32_t bourse__paper_fetch_candles(bourse_call *call);
int32_t bourse__paper_fetch_funding_rates(bourse_call *call);
int32_t bourse__paper_fetch_open_interest(bourse_call *call);

/* account.c */
int32_t bourse__paper_fetch_balances(bourse_call *call);
int32_t bourse__paper_fetch_positions(bourse_call *call);
int32_t bourse__paper_fetch_leverages(bourse_call *call);
int32_t bourse__paper_set_leverages(bourse_call *call);
int32_t bourse__paper_set_margin_mode(bourse_call *call);
int32_t bourse__paper_fetch_position_mode(bourse_call *call);
int32_t bourse__paper_set_position_mode(bourse_call *call);
int32_t bourse__paper_fetch_fees(bourse_call *call);
int32_t bourse__paper_fetch_ledger(bourse_call *call);
int32_t bourse__paper_fetch_permissions(bourse_call *call);
int32_t bourse__paper_transfer(bourse_call *call);
int32_t bourse__paper_fetch_transfers(bourse_call *call);
int32_t bourse__paper_fetch_deposit_address(bourse_call *call);
int32_t bourse__paper_fetch_transactions(bourse_call *call);
int32_t bourse__paper_withdraw(bourse_call *call);
/* Records money that came or went; room was reserved. */
paper_movement *bourse__paper_moved(paper_state *state, uint32_t currency, int32_t from, int32_t to,
                                    paper_money amount);
int32_t bourse__paper_movements_reserve(paper_state *state);

/* orders.c */
int32_t bourse__paper_create_order(bourse_call *call);
int32_t bourse__paper_create_orders(bourse_call *call);
int32_t bourse__paper_create_order_list(bourse_call *call);
int32_t bourse__paper_edit_order(bourse_call *call);
int32_t bourse__paper_cancel_order(bourse_call *call);
int32_t bourse__paper_cancel_orders(bourse_call *call);
int32_t bourse__paper_cancel_all_orders(bourse_call *call);
int32_t bourse__paper_cancel_all_orders_after(bourse_call *call);
int32_t bourse__paper_cancel_order_list(bourse_call *call);
int32_t bourse__paper_close_position(bourse_call *call);
int32_t bourse__paper_fetch_order(bourse_call *call);
int32_t bourse__paper_fetch_orders(bourse_call *call);
int32_t bourse__paper_fetch_order_lists(bourse_call *call);
int32_t bourse__paper_fetch_my_trades(bourse_call *call);
/* Cancels all open orders of a market, or of all (UINT32_MAX). */
void bourse__paper_cancel_everything(paper_state *state, uint32_t market);

#endif
