/* sim/binance_margin.h - cross and isolated margin: accounts of the engine of their own, with debts kept here. Accounts, loans
 * and what is asked about them are binance_margin.c, orders and listen tokens binance_margin_orders.c. */
#ifndef SIM_BINANCE_MARGIN_H
#define SIM_BINANCE_MARGIN_H

#include "binance.h"

/* The margin account of a spot account: cross, or that of one market. */
typedef struct margin_account {
  sim_account as;        /* with the owner's key and the engine's account: what the spot calls are served with */
  uint32_t owner;        /* the engine's spot account */
  int32_t market;        /* -1: cross */
  paper_money debts[64]; /* by currency */
} margin_account;

typedef struct margin_loan {
  uint64_t id;
  const margin_account *account;
  uint32_t currency;
  int32_t repays;
  int64_t time_ns;
  paper_money amount;
} margin_loan;

/* An order that pays back with what it brings. */
typedef struct margin_payback {
  uint64_t order_id;
  margin_account *account;
} margin_payback;

typedef struct margin_token {
  char token[72];
  uint32_t account; /* the engine's */
  int64_t expires_ns;
} margin_token;

typedef struct margin_state {
  margin_account **accounts;
  margin_loan *loans;
  margin_payback *paybacks;
  margin_token *tokens;
  uint32_t account_count, loan_count, payback_count, token_count;
} margin_state;

static inline margin_state *margin_of(sim *s) { return binance_state_of(s)->margin; }

/* Made where it is not there yet. */
margin_account *margin_account_of(sim *s, const sim_account *owner, int32_t market);
/* That which "isIsolated" and "symbol" (or "isolatedSymbol") name; NULL: failed. */
margin_account *margin_chosen(binance_call *call);
paper_money margin_free(sim *s, const margin_account *account, uint32_t currency);
paper_money margin_limit(sim *s, const margin_account *account, uint32_t currency); /* what more can be borrowed */
/* 0: too much. */
int32_t margin_borrow(sim *s, margin_account *account, uint32_t currency, paper_money amount);
int32_t margin_repay(sim *s, margin_account *account, uint32_t currency, paper_money amount);

#endif
