/* bourse/journal.h - what became of orders: written down before they are sent, and kept until their fate is known.
 *
 * Every order that a handle sends is an entry of its account's journal: in the context's store when there is one
 * (bourse_context_options.store), else in memory. An entry whose answer was lost is UNKNOWN. It stays so, over restarts,
 * until evidence settles it: bourse_resolve_order asks the exchange. "Not found" is evidence only when it is said after
 * the request can no longer be on its way, and when no list of orders or fills has the order either.
 *
 * The functions are bourse_execute with a request: on the context's thread, a result given back is the caller's to free, and
 * errors are those of bourse_execute besides what is said here. */
#ifndef BOURSE_JOURNAL_H
#define BOURSE_JOURNAL_H

#include <bourse/base.h>
#include <bourse/decimal.h>
#include <bourse/exchange.h>
#include <bourse/order.h>
#include <bourse/result.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  BOURSE_JOURNAL_PENDING = 1, /* being sent; one found when a program starts is UNKNOWN */
  BOURSE_JOURNAL_UNKNOWN = 2, /* may or may not be at the exchange */
  BOURSE_JOURNAL_OPEN = 3,    /* the exchange has it; a conditional order that fired: what it became is there */
  BOURSE_JOURNAL_FINAL = 4    /* filled, canceled, rejected, expired, never sent, or proven not to be there */
};

/* One order as the journal knows it. Transfers and withdrawals have entries too, without an order. */
typedef struct bourse_journal_entry {
  const char *client_order_id;
  const char *order_id; /* NULL: not known */
  const char *symbol;   /* of transfers and withdrawals the currency */
  const char *exchange;
  const char *account;        /* 16 digits that stand for the API key */
  const char *operation;      /* "create_order" */
  const char *list_client_id; /* of the order list it was sent with */
  const char *replaces;       /* client order id of the order whose place it takes */
  const char *reason;         /* why it is FINAL, where the order does not say */
  int32_t environment;        /* BOURSE_LIVE ... */
  int32_t state;              /* BOURSE_JOURNAL_* */
  int32_t outcome;            /* BOURSE_OUTCOME_* of sending it */
  int32_t error;              /* BOURSE_ERROR_* it failed with */
  int32_t product;
  int32_t margin_mode;
  int32_t side;
  int32_t type;
  int32_t conditional; /* waits for a price; at OKX also an iceberg, which is kept with those */
  int32_t cancel_outcome; /* of the newest cancel: BOURSE_OUTCOME_*; 0: none was asked for, or not answered yet */
  int32_t edit_outcome;
  int32_t list_kind;     /* BOURSE_LIST_* of the order list it was sent with */
  bourse_decimal amount; /* as asked for */
  bourse_decimal contracts;
  bourse_decimal cost;
  bourse_decimal price;
  int64_t created_ns; /* all of them UTC at the exchange as best known */
  int64_t sent_ns;
  int64_t until_ns;    /* the request was not waited for any longer than this */
  int64_t given_up_ns; /* when its answer was given up; 0: it was not */
  int64_t resolved_ns; /* when its fate became known */
  int64_t cancel_ns;   /* when a cancel was asked for */
  int64_t edit_ns;
  bourse_decimal edit_price; /* what was asked for then */
  bourse_decimal edit_amount;
  const bourse_order *order;      /* as last known: bourse_journal_entry_order */
  uint32_t order_count;           /* 0: nothing is known */
  int32_t replacing;              /* BOURSE_YES: it was to be canceled and replaced, and that has not come to its end */
  bourse_decimal stop_loss_price; /* as asked for; absent: none */
} bourse_journal_entry;

/* The order as last known, NULL when nothing is. Any thread while the result lives. */
BOURSE_API const bourse_order *bourse_journal_entry_order(const bourse_journal_entry *entry);

/* --- Blocking ------------------------------------------------------------------------------------------------------
 * The operations BOURSE_OP_FETCH_JOURNAL, _RESOLVE_ORDER, _RESOLVE_ORDERS, _WAIT_ORDER and _RECONCILE_ORDERS; they can be
 * submitted as all others. */

/* Entries of this handle's account, oldest first; with client_order_id only that one. Nothing is sent. */
BOURSE_API int32_t bourse_fetch_journal(bourse_result **out, bourse_exchange *exchange, const char *client_order_id);

/* Settles the fate of one order, as far as it can be settled now. On success the result's one order tells it: an order of
 * the exchange, or one with status BOURSE_ORDER_REJECTED and a reason that never reached it. Where the exchange forgets
 * conditional orders that were not triggered (KuCoin), one that is nowhere has status and outcome UNKNOWN: it is not there,
 * and may have been. Otherwise BOURSE_ERROR_FATE_UNKNOWN, with retry_after_ms. An order that is not in the journal is looked for with `symbol`
 * (otherwise NULL); when it is not found that is BOURSE_ERROR_ORDER_NOT_FOUND, and proves nothing. */
BOURSE_API int32_t bourse_resolve_order(bourse_result **out, bourse_exchange *exchange, const char *client_order_id,
                                        const char *symbol);

/* The same for all of this account that are unknown: one order each; those still unknown have `error`
 * BOURSE_ERROR_FATE_UNKNOWN. */
BOURSE_API int32_t bourse_resolve_orders(bourse_result **out, bourse_exchange *exchange);

/* Waits until the order is final. When deadline_ms passes before, this is BOURSE_ERROR_DEADLINE, and *out has the order
 * as last known all the same (NULL when nothing is). 0: the handle's timeout. */
BOURSE_API int32_t bourse_wait_order(bourse_result **out, bourse_exchange *exchange, const char *client_order_id,
                                     int64_t deadline_ms);

/* Holds the exchange's open orders against the journal; `origin` of each order tells what came of it. */
BOURSE_API int32_t bourse_reconcile_orders(bourse_result **out, bourse_exchange *exchange, const char *symbol);

/* Takes an entry out of the journal on the host's own word: transfers and withdrawals whose fate the host has found out, or
 * an order it settled by hand. Errors: BOURSE_ERROR_ARGUMENT, _STATE (under way now), _NOT_FOUND, _IO. */
BOURSE_API int32_t bourse_journal_forget(bourse_exchange *exchange, const char *client_order_id);

#ifdef __cplusplus
}
#endif
#endif
