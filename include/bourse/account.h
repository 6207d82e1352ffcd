/* bourse/account.h - balances, positions, fees, and what moves money, as results give them. */
#ifndef BOURSE_ACCOUNT_H
#define BOURSE_ACCOUNT_H

#include <bourse/base.h>
#include <bourse/decimal.h>
#include <bourse/market.h>
#include <bourse/order.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where money lies. Exchanges with one account for everything call it SPOT or UNIFIED, as their sheet says. */
enum {
  BOURSE_WALLET_SPOT = 1,
  BOURSE_WALLET_FUNDING = 2,
  BOURSE_WALLET_CROSS = 3,
  BOURSE_WALLET_ISOLATED = 4,
  BOURSE_WALLET_LINEAR = 5,
  BOURSE_WALLET_INVERSE = 6,
  BOURSE_WALLET_OPTION = 7,
  BOURSE_WALLET_UNIFIED = 8,
  BOURSE_WALLET_EARN = 9,
  BOURSE_WALLET_ALL = 10
};

typedef struct bourse_balance {
  const char *currency;
  const char *symbol;      /* of an isolated margin account */
  int32_t wallet;          /* BOURSE_WALLET_* */
  int32_t reserved;
  int64_t time_ns;
  bourse_decimal total;    /* free + used */
  bourse_decimal free;
  bourse_decimal used;     /* in orders, as margin, frozen */
  bourse_decimal borrowed;
  bourse_decimal interest; /* owed */
  bourse_decimal net;      /* total - borrowed - interest */
  bourse_decimal unrealized_pnl;
  bourse_decimal equity;   /* total with unrealized profit */
  const char *name;        /* of the wallet, in the exchange's word, in overviews */
} bourse_balance;

typedef struct bourse_position {
  const char *symbol;
  const char *market_id;
  const char *id;
  int32_t side;            /* BOURSE_POSITION_LONG, _SHORT; unset: none open */
  int32_t hedged;          /* yes: one of two positions a market may have */
  int32_t margin_mode;
  int32_t reserved;
  int64_t time_ns;
  bourse_decimal amount;    /* base units, never negative */
  bourse_decimal contracts;
  bourse_decimal entry_price;
  bourse_decimal break_even_price;
  bourse_decimal mark_price;
  bourse_decimal liquidation_price;
  bourse_decimal notional;
  bourse_decimal leverage;
  bourse_decimal unrealized_pnl;
  bourse_decimal realized_pnl;
  bourse_decimal margin;    /* collateral of this position */
  bourse_decimal initial_margin;
  bourse_decimal maintenance_margin;
  const char *margin_currency;
  int32_t adl_rank;
  int32_t reserved2;
} bourse_position;

/* Leverage, margin mode and position mode of a market or account, as set now. */
typedef struct bourse_leverage {
  const char *symbol;
  const char *market_id;
  int32_t margin_mode;
  int32_t hedged;          /* yes: long and short positions side by side */
  int32_t multi_assets;    /* yes: all currencies are collateral */
  int32_t reserved;
  bourse_decimal leverage;
  bourse_decimal leverage_short; /* where the sides differ */
  bourse_decimal notional_max;
} bourse_leverage;

typedef struct bourse_fee {
  const char *symbol;
  const char *market_id;
  bourse_decimal maker;    /* as a fraction */
  bourse_decimal taker;
  const char *tier;
} bourse_fee;

enum {
  BOURSE_TRANSFER_OK = 1,
  BOURSE_TRANSFER_PENDING = 2,
  BOURSE_TRANSFER_FAILED = 3,
  BOURSE_TRANSFER_CANCELED = 4
};

/* Between own wallets. */
typedef struct bourse_transfer {
  const char *id;
  const char *currency;
  const char *native_type;
  int64_t time_ns;
  bourse_decimal amount;
  int32_t from;            /* BOURSE_WALLET_* */
  int32_t to;
  int32_t status;          /* BOURSE_TRANSFER_* */
  int32_t reserved;
  const char *native_status;
} bourse_transfer;

typedef struct bourse_deposit_address {
  const char *currency;
  const char *network;
  const char *address;
  const char *tag;
  const char *url;
} bourse_deposit_address;

enum { BOURSE_DEPOSIT = 1, BOURSE_WITHDRAWAL = 2 };

/* A deposit or withdrawal. */
typedef struct bourse_transaction {
  const char *id;
  const char *client_id;
  const char *transaction_hash;
  const char *currency;
  const char *network;
  const char *address;
  const char *tag;
  int32_t direction;       /* BOURSE_DEPOSIT, BOURSE_WITHDRAWAL */
  int32_t status;          /* BOURSE_TRANSFER_* */
  const char *native_status;
  int64_t time_ns;
  int64_t updated_ns;
  bourse_decimal amount;   /* that arrives */
  bourse_decimal fee;
  int32_t internal;
  int32_t confirmations;
} bourse_transaction;

/* What borrowing costs now, or did at some time. */
typedef struct bourse_borrow_rate {
  const char *currency;
  const char *symbol;      /* of an isolated margin account */
  int64_t time_ns;
  int64_t interval_ns;     /* that `rate` is for */
  bourse_decimal rate;     /* as a fraction */
  bourse_decimal limit;    /* most that can be borrowed */
} bourse_borrow_rate;

typedef struct bourse_borrow_interest {
  const char *id;
  const char *currency;
  const char *symbol;
  int32_t margin_mode;
  int32_t reserved;
  int64_t time_ns;
  bourse_decimal interest;
  bourse_decimal rate;
  bourse_decimal principal;
} bourse_borrow_interest;

enum { BOURSE_LOAN_BORROW = 1, BOURSE_LOAN_REPAY = 2 };

typedef struct bourse_loan {
  const char *id;
  const char *currency;
  const char *symbol;
  int32_t kind;            /* BOURSE_LOAN_* */
  int32_t status;          /* BOURSE_TRANSFER_* */
  int64_t time_ns;
  bourse_decimal amount;
  bourse_decimal interest;
} bourse_loan;

/* One line of an account's book. */
typedef struct bourse_ledger_entry {
  const char *id;
  const char *reference;   /* trade, transfer or order it came from */
  const char *currency;
  const char *symbol;
  const char *kind;        /* "trade", "fee", "funding", "transfer", "pnl", "interest", ... or the exchange's word */
  const char *native_kind;
  int64_t time_ns;
  bourse_decimal amount;   /* signed */
  bourse_decimal balance;  /* after it */
  bourse_decimal fee;
  const char *text;
} bourse_ledger_entry;

/* What a key may do. */
typedef struct bourse_permissions {
  const char *account;     /* the exchange's id of the account */
  int32_t read;
  int32_t spot;
  int32_t margin;
  int32_t futures;
  int32_t options;
  int32_t transfer;
  int32_t withdraw;
  int32_t address_bound;   /* works only from listed addresses */
  int64_t created_ns;
  int64_t expires_ns;
} bourse_permissions;

/* An account or portfolio below the login. */
typedef struct bourse_account_info {
  const char *id;
  const char *name;
  const char *kind;
  const char *currency;
} bourse_account_info;

/* Answer of an operation that only has something done. */
typedef struct bourse_receipt {
  const char *id;          /* of what was made, where there is one */
  const char *message;     /* the exchange's text */
  int64_t time_ns;
  int64_t due_ns;          /* when a timer will fire (cancel_all_orders_after); 0: switched off or none */
  int32_t realization;     /* BOURSE_NATIVE, BOURSE_EMULATED */
  int32_t unchanged;       /* yes: it already was as asked */
} bourse_receipt;

#ifdef __cplusplus
}
#endif
#endif
