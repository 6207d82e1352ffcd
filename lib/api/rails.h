/* api/rails.h - safety rails: what an account has placed lately, and the gates that an operation passes. */
#ifndef API_RAILS_H
#define API_RAILS_H

#include <bourse/rails.h>

#include "api/api.h"

/* One order's part of what is counted. */
typedef struct bourse__share {
  struct bourse__share *next;
  bourse__running *owner;  /* that places it; NULL: that is over */
  int64_t time_ns;         /* monotonic: sent, or given up in doubt */
  uint32_t index;          /* of the order in its request */
  uint32_t open_orders;    /* that it would add, while it is being placed */
  bourse_decimal notional; /* absent: not measured */
  char quote[24];
} bourse__share;

/* An order known to be open. */
typedef struct bourse__open_order {
  struct bourse__open_order *next;
  int64_t seen_ns;     /* monotonic */
  int32_t product;     /* 0: not known */
  int32_t margin_mode; /* of the list it stands in */
  int32_t in_doubt;
  char *id; /* in the same piece of memory; "" when not known */
  char *client_id;
  char *symbol;
} bourse__open_order;

/* One for each account of a context. */
struct bourse__rails {
  bourse__rails *next;
  bourse_context *context;
  const bourse_adapter *adapter;
  const bourse_exchange *only; /* of this handle alone; NULL: by key */
  int32_t environment;
  int32_t halted;
  char halt_key[96]; /* of the store */
  int32_t counting;  /* open orders are kept account of */
  uint32_t learned;  /* products, as bits, whose open orders were asked for */
  uint8_t key_hash[32];
  bourse__share *shares; /* oldest first */
  bourse__open_order *orders;
  uint32_t order_count;
};

/* How far an operation has been measured. */
typedef struct bourse__measure {
  uint32_t at;    /* order being measured */
  int32_t done;   /* its share is taken */
  int32_t lowers; /* all edits measured so far only lower */
  int32_t asked;  /* for the open orders, now */
  int32_t has_price;
  int32_t has_old;
  bourse_ticker price;   /* of the order at `at`; its strings are not kept */
  bourse_order old;      /* as it stands at the exchange; the same */
  bourse_decimal *worth; /* by order: what it adds; absent: nothing */
} bourse__measure;

/* Reads the options, finds or makes the account. */
int32_t bourse__rails_open(bourse_exchange *exchange, const bourse_options *options, bourse__failure *failure);
void bourse__rails_close(bourse_exchange *exchange);
void bourse__rails_free(bourse_context *context);

/* Gate 1, before anything is started: what needs no market and no price. */
int32_t bourse__rails_request(const bourse_exchange *exchange, const bourse_operation_info *info,
                              const bourse_request *request, bourse__failure *failure);
/* Gate 2, when markets are known: measures, and takes its share. 1: go on; 0: it waits for a price or a list; negative:
 * refused. */
int32_t bourse__rails_measure(bourse__running *running);
/* Gate 3, before the bytes leave: BOURSE_OK; BOURSE_DONE when some of several orders are with the exchange and the rest is
 * told of in records; or refused. */
int32_t bourse__rails_admit(bourse__running *running);
/* It is over; its records are still there. */
void bourse__rails_end(bourse__running *running, int32_t code, int32_t outcome);
/* 1 for an edit that was measured and only lowers amounts. */
int32_t bourse__rails_lowers(const bourse__running *running);
/* A private stream or a reply told of an order that stands in the list of this margin mode. */
void bourse__rails_learn(bourse_exchange *exchange, const bourse_order *order, int32_t margin_mode);

/* BOURSE_OK when the handle has an account; the context's error is set otherwise. */
int32_t bourse__rails_account(bourse_exchange *exchange);
/* Whether bourse_halt_all was said by an earlier process. */
int32_t bourse__rails_recall(bourse_context *context);

/* --- sweep.c --- */

typedef struct bourse__dead_man bourse__dead_man;

/* Starts, or goes on with, cancel_every_order. */
void bourse__sweep_advance(bourse__running *running);
void bourse__dead_man_drop(bourse_exchange *exchange);

#endif
