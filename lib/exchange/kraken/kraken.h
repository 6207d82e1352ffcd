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
 *   errors.c     error texts
 *   stream*.c    live streams of spot, and orders over them (stream.h)
 *   futures*.c   everything that knows the Derivatives API, reached by the functions in the last block here
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
  KRAKEN_ENGINE, /* spot orders, by account and market */
  KRAKEN_LIMITS
};

/* What tells apart the endpoints that serve one operation on one product. */
enum {
  KRAKEN_USUAL = 0,
};

/* State of a handle. */
typedef struct bourse__kraken_state {
  int32_t futures_key; /* yes: the key is one for futures */
  int32_t reserved;
} bourse__kraken_state;

#define KRAKEN_MILLISECOND INT64_C(1000000)
#define KRAKEN_SECOND      INT64_C(1000000000)
#define KRAKEN_MINUTE      (60 * KRAKEN_SECOND)
#define KRAKEN_DAY         (24 * 60 * KRAKEN_MINUTE)

/* --- rest.c --- */
const bourse_endpoint *bourse__kraken_route(bourse_call *call);
int32_t bourse__kraken_sign(bourse_call *call);
/* 1 when `text` begins with `words`, letters of either case alike. */
int32_t bourse__kraken_begins(bourse_slice text, const char *words);

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

/* --- errors.c --- */
int32_t bourse__kraken_error(bourse_call *call, const bourse_http_reply *reply);
/* Our code for one of their texts. */
int32_t bourse__kraken_error_code(int32_t operation, bourse_slice text);
/* Fails the call with the texts of an "error" array that holds a refusal. BOURSE_OK when it holds none. */
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

/* --- Streams (stream.h) --- */
extern const bourse_stream_adapter bourse__kraken_stream;

/* --- Futures (futures*.c): all that the rest of the folder knows of them --- */
const bourse_endpoint *bourse__kraken_futures_route(bourse_call *call);
int32_t bourse__kraken_futures_sign(bourse_call *call);
int32_t bourse__kraken_futures_error(bourse_call *call, const bourse_http_reply *reply);

#endif
