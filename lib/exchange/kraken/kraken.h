/* exchange/kraken/kraken.h - Kraken: spot and spot margin, and futures (linear and inverse).
 *
 *   adapter.c    the tables: hosts, rate budgets, capabilities, endpoints; opening a handle
 *   rest.c       which endpoint serves an operation, signing, and what all spot requests and replies share
 *   market.c     markets and currencies
 *   data.c       public market data
 *   orders.c     placing, changing and canceling orders
 *   reports.c    what the exchange tells of orders and fills
 *   account.c    balances, positions, fees, the account's book, permissions
 *   wallet.c     transfers, deposits, withdrawals
 *   limits.c     what orders take from the matching engine's counter
 *   errors.c     error texts
 *   stream*.c    live streams of spot, and orders over them (stream.h)
 *   futures*.c   everything that knows the Derivatives API, reached by the functions in the last block here
 *
 * Settings of a handle: "tier" = starter, intermediate or pro, of the account, which says how much it may ask and trade;
 * "endpoint.fetch_balances" = /0/private/Balance for totals alone; "futures_nonce" = yes sends a nonce with signed requests of
 * futures, which must then arrive in order.
 *
 * Spot and futures have keys of their own. A handle's key is one for futures when the handle's product is linear or
 * inverse, else one for spot; public data of all products is served to either. */
#ifndef EXCHANGE_KRAKEN_KRAKEN_H
#define EXCHANGE_KRAKEN_KRAKEN_H

#include <bourse/sys/adapter.h>

extern const bourse_adapter bourse__kraken_adapter;

/* Indexes into the adapter's hosts. */
enum { KRAKEN_SPOT, KRAKEN_FUTURES, KRAKEN_WS, KRAKEN_WS_AUTH, KRAKEN_FUTURES_WS, KRAKEN_HOSTS };

/* Indexes into the adapter's limits. */
enum {
  KRAKEN_PUBLIC, /* spot, by address */
  KRAKEN_CALLS,  /* spot, by account */
  KRAKEN_ENGINE, /* spot orders, by account and market: one row for each tier of accounts */
  KRAKEN_ENGINE_INTERMEDIATE,
  KRAKEN_ENGINE_PRO,
  KRAKEN_FUTURES_PUBLIC, /* by address */
  KRAKEN_DERIVATIVES,    /* futures, by account */
  KRAKEN_HISTORY,        /* of futures, by account */
  KRAKEN_LIMITS
};

/* What tells apart the endpoints that serve one operation on one product. */
enum {
  KRAKEN_USUAL = 0,
  KRAKEN_TEST,
  KRAKEN_BATCH,
  KRAKEN_BATCH_TEST,
  KRAKEN_OPEN,            /* the open orders, where others are asked for too */
  KRAKEN_CLOSED,          /* those of the past */
  KRAKEN_SUMMARY,         /* of margin trading */
  KRAKEN_TOTALS,          /* of balances: only by the setting endpoint.fetch_balances */
  KRAKEN_ONE,             /* the thing of one id */
  KRAKEN_METHODS,         /* the networks of a currency */
  KRAKEN_FIRST,           /* what must be known before */
  KRAKEN_OVER_SOCKET = 64 /* bit: as a message */
};

/* More than the slowest tier can place while age still counts. */
#define KRAKEN_RECENT 512

/* State of a handle. */
typedef struct bourse__kraken_state {
  int32_t futures_key; /* yes: the key is one for futures */
  int32_t tier;        /* of the account: 0 starter, 1 intermediate, 2 pro */
  uint32_t recent_next;
  int32_t totals;        /* yes: balances are asked for without what orders hold of them */
  int32_t futures_nonce; /* yes: signed futures requests carry a nonce */
  int32_t reserved;
  struct {
    uint64_t hash; /* of an id; 0: none */
    int64_t time_ns;
  } recent[KRAKEN_RECENT]; /* orders placed lately through this handle */
} bourse__kraken_state;

/* A position that is to be closed. */
typedef struct bourse__kraken_position {
  int32_t side; /* BOURSE_POSITION_* */
  bourse_decimal leverage;
} bourse__kraken_position;

#define KRAKEN_MILLISECOND INT64_C(1000000)
#define KRAKEN_SECOND      INT64_C(1000000000)
#define KRAKEN_MINUTE      (60 * KRAKEN_SECOND)
#define KRAKEN_DAY         (24 * 60 * KRAKEN_MINUTE)

/* --- rest.c --- */
const bourse_endpoint *bourse__kraken_route(bourse_call *call);
int32_t bourse__kraken_sign(bourse_call *call);

/* --- Reading (rest.c) --- */

/* {"error": [...], "result": ...}: 1 with the bytes of both (or NULL), 0 when the reply is no such object. */
int32_t bourse__kraken_open_envelope(bourse_call *call, const bourse_http_reply *reply, bourse_slice *errors,
                                     bourse_slice *result);
/* Takes the result out as a reply of its own. A refusal, and a reply that is not of this
 * form, fail the call. */
int32_t bourse__kraken_unwrap(bourse_call *call, const bourse_http_reply *reply, bourse_http_reply *result);
/* Reads the result as one object; as an object whose keys are ids; as an array of rows. */
int32_t bourse__kraken_object(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table, void *out);
int32_t bourse__kraken_map(bourse_call *call, const bourse_http_reply *reply, bourse_entry_function entry);
int32_t bourse__kraken_rows(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row);

/* --- market.c --- */

/* Unified code of an asset, in the arena or static; NULL when memory is out (the call has failed). */
const char *bourse__kraken_currency(bourse_call *call, bourse_slice asset);
/* Static; NULL where an asset is called by its own name. */
const char *bourse__kraken_renamed(bourse_slice asset);
/* What requests call a currency: the exchange's own id of a unified code, anything else as it stands. */
const char *bourse__kraken_asset(const char *currency);
/* Custom field: an asset into its unified code. */
int32_t bourse__kraken_read_currency(bourse_decoder *decoder, void *member);
/* The spot market that a reply calls by this id, or by any other of its names. */
const bourse_market *bourse__kraken_market(bourse_call *call, bourse_slice id);

/* --- data.c --- */

/* Lengths of candles. */
#define KRAKEN_INTERVALS 9
extern const bourse_interval bourse__kraken_intervals[KRAKEN_INTERVALS];

/* pair=A,B: the ids of the markets asked for. */
int32_t bourse__kraken_put_pairs(bourse_call *call);

/* --- orders.c --- */

extern const bourse_name bourse__kraken_sides[]; /* reports.c */
/* The order that this step is about, and its market. */
const bourse_order_request *bourse__kraken_subject(const bourse_call *call, const bourse_market **market);
/* The variant that serves the next items of create_orders and cancel_orders. */
uint32_t bourse__kraken_plan_step(bourse_call *call);
/* 1 when this request is about several orders at once. */
int32_t bourse__kraken_is_batch(const bourse_call *call);

/* --- limits.c --- */

/* An order was placed now: what changing it takes from the budget depends on its age. */
void bourse__kraken_remember(bourse_call *call, const char *id);
/* What this request takes from the matching engine's counter of the market. */
void bourse__kraken_weigh_orders(bourse_call *call, const bourse_market *market, uint32_t weight);
void bourse__kraken_weigh_amendment(bourse_call *call, const char *id, const char *client_id);
void bourse__kraken_weigh_cancel(bourse_call *call, const char *id, const char *client_id);

/* --- reports.c --- */

/* Reads {"open": {...}} or {"closed": {...}, "count": n}. */
int32_t bourse__kraken_read_orders(bourse_call *call, const bourse_http_reply *reply);
/* start and end; and with ofs, of a list that comes in pages. */
void bourse__kraken_put_range(bourse_call *call);
int32_t bourse__kraken_put_page(bourse_call *call);
/* While a page is read: one row more, and how many there are on all pages. After it: BOURSE_CONTINUE for the next. */
void bourse__kraken_count_row(bourse_call *call);
int32_t bourse__kraken_read_count(bourse_call *call, bourse_decoder *decoder);
int32_t bourse__kraken_next_page(bourse_call *call);
/* 1 once the first of two requests is done. */
int32_t bourse__kraken_second_part(const bourse_call *call);

/* --- wallet.c --- */

/* 1 when the methods of a currency must be asked for first. */
int32_t bourse__kraken_wants_methods(const bourse_call *call);

/* --- errors.c --- */
int32_t bourse__kraken_error(bourse_call *call, const bourse_http_reply *reply);
/* Our code for one of their texts. */
int32_t bourse__kraken_error_code(int32_t operation, bourse_slice text);
/* Fails the call, or one of several orders, with the texts of an "error" array that holds a refusal. BOURSE_OK when it holds none;
 * what bourse_fail_items says when it was an item's. */
int32_t bourse__kraken_refused(bourse_call *call, bourse_slice errors);

/* --- The functions named in the table of endpoints --- */
#define BUILD(name_) int32_t bourse__kraken_build_##name_(bourse_call *call)
#define PARSE(name_) int32_t bourse__kraken_parse_##name_(bourse_call *call, const bourse_http_reply *reply)

/* data.c */
BUILD(tickers);
BUILD(depth);
BUILD(trades);
BUILD(candles);
PARSE(time);
PARSE(status);
PARSE(tickers);
PARSE(depth);
PARSE(trades);
PARSE(candles);
/* market.c */
BUILD(currencies);
PARSE(markets);
PARSE(currencies);
/* orders.c */
BUILD(order);
BUILD(batch_orders);
BUILD(amend);
BUILD(cancel);
BUILD(batch_cancel);
BUILD(cancel_all_after);
BUILD(close_position);
PARSE(order);
PARSE(batch_orders);
PARSE(amend);
PARSE(cancel);
PARSE(cancel_all);
PARSE(batch_cancel);
PARSE(orders_to_cancel);
PARSE(cancel_all_after);
PARSE(closed_position);
/* reports.c */
BUILD(open_orders);
BUILD(closed_orders);
BUILD(query_orders);
BUILD(fills);
BUILD(query_fills);
BUILD(order_edits);
PARSE(open_orders);
PARSE(closed_orders);
PARSE(query_orders);
PARSE(fills);
PARSE(order_of_fills);
PARSE(query_fills);
PARSE(order_edits);
/* account.c */
BUILD(balances);
BUILD(margin_balance);
BUILD(positions);
BUILD(fees);
BUILD(ledger);
BUILD(ledger_of_id);
PARSE(balances);
PARSE(margin_balance);
PARSE(positions);
PARSE(position_to_close);
PARSE(fees);
PARSE(ledger);
PARSE(ledger_of_id);
PARSE(permissions);
PARSE(stream_token);
/* wallet.c */
BUILD(asset);
BUILD(addresses);
BUILD(transactions);
BUILD(withdraw);
BUILD(transfer);
PARSE(methods);
PARSE(addresses);
PARSE(transactions);
PARSE(withdraw);
PARSE(transfer);

/* --- Streams (stream.h), and orders over them --- */
extern const bourse_stream_adapter bourse__kraken_stream;
/* The endpoint that sends this as a message; NULL: it goes by HTTP. */
const bourse_endpoint *bourse__kraken_message_route(bourse_call *call, int32_t operation, uint32_t variant);
int32_t bourse__kraken_is_message(const bourse_call *call);
int32_t bourse__kraken_sign_message(bourse_call *call);

/* --- Futures (futures*.c): all that the rest of the folder knows of them --- */
const bourse_endpoint *bourse__kraken_futures_route(bourse_call *call);
int32_t bourse__kraken_futures_sign(bourse_call *call);
int32_t bourse__kraken_futures_error(bourse_call *call, const bourse_http_reply *reply);

#endif
