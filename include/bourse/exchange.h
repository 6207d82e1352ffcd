/* bourse/exchange.h - exchange handles: the factory, running operations, capabilities, markets.
 *
 * Everything here is called on the context's thread unless it says otherwise. A result given back is the caller's, to be freed with
 * bourse_result_free, in any order with handles and context. */
#ifndef BOURSE_EXCHANGE_H
#define BOURSE_EXCHANGE_H

#include <bourse/base.h>
#include <bourse/context.h>
#include <bourse/request.h>
#include <bourse/result.h>
#include <bourse/sys/signer.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which world a key belongs to. A handle of one never talks to a host of another. */
enum { BOURSE_LIVE = 1, BOURSE_TESTNET = 2, BOURSE_DEMO = 3 };

/* How create, edit and cancel travel, where the exchange offers both. */
enum { BOURSE_TRANSPORT_HTTP = 1, BOURSE_TRANSPORT_SOCKET = 2 };

/* Keys. Copied into guarded memory by bourse_open; wipe your own copy. */
typedef struct bourse_credentials {
  uint32_t struct_size;
  uint32_t api_version;
  const char *api_key;     /* NULL: that which a key file in `secret` names */
  const char *secret;      /* HMAC secret, or a PEM private key, as the exchange gave it; or the text of a key file as downloaded,
                            * {"name": ..., "privateKey": ...} */
  const char *passphrase;  /* where the exchange has one */
  int32_t environment;     /* the world the key is for; 0: BOURSE_LIVE */
  int32_t key_kind;        /* BOURSE_KEY_*, needed only with sign */
  bourse_sign_function sign; /* signs instead of `secret`, so that the key stays outside */
  void *sign_user_data;
} bourse_credentials;

#define BOURSE_CREDENTIALS_INIT BOURSE_STAMPED(bourse_credentials)

typedef struct bourse_options {
  uint32_t struct_size;
  uint32_t api_version;
  const bourse_credentials *credentials; /* NULL: public data only */
  int32_t environment;         /* 0: that of the credentials, else BOURSE_LIVE */
  int32_t product;             /* default BOURSE_PRODUCT_*; 0: BOURSE_PRODUCT_SPOT */
  int32_t margin_mode;         /* default BOURSE_MARGIN_* of orders and balances on margin; 0: none */
  int32_t allow_withdrawals;   /* yes: withdraw may be called; otherwise it is BOURSE_ERROR_FORBIDDEN */
  const bourse_param *hosts;   /* replaces hosts: name (or "*" for all) and URL "http://127.0.0.1:8080" */
  uint32_t host_count;
  int32_t clock_sync;          /* no: trust the local clock; otherwise the offset is measured before the first signed call */
  int64_t timeout_ms;          /* of an operation; 0: 10000 */
  int64_t receive_window_ms;   /* how old a signed request may be at the exchange, where it has that; 0: 5000 */
  int64_t market_refresh_ms;   /* markets are loaded again when older; 0: one hour; negative: never */
  uint64_t reply_size_max;     /* bytes; 0: 64 MiB */
  uint32_t retry_limit;        /* repeats of a failed idempotent request within its time; 0: 2; UINT32_MAX: none */
  int32_t keep_raw;            /* yes: every result keeps its reply */
  int32_t check_orders;        /* no: skip the precision and limit checks before sending (the exchange still checks) */
  int32_t wait_for_limits;     /* no: an operation that would have to wait for its rate budget fails at once */
  const bourse_param *settings; /* an exchange's own settings, by name (see its part of the documentation) */
  uint32_t setting_count;
  int32_t order_transport;     /* BOURSE_TRANSPORT_*; 0: HTTP. What an exchange does not take over a socket goes by HTTP */
  int32_t auto_resolve;        /* yes: orders of unknown fate are asked for by the library itself, at open too, until they are
                                * settled, and events tell (BOURSE_EVENT_ORDER_RESOLVED); no: only when asked to.
                                * 0: yes when the context has a store */
  int32_t reserved;
  int64_t journal_keep_ms;     /* final entries stay in the store for so long; 0: a day */
  /* Rails (see bourse/rails.h). */
  int32_t read_only;           /* yes: whatever changes something is refused, cancels too */
  int32_t allow_raw_orders;    /* yes: call_raw and params are let through though a rail below cannot measure them */
  uint32_t allowed_symbol_count;
  const char *const *allowed_symbols; /* unified; orders in other markets are refused. Count 0: any */
  uint32_t max_open_orders;    /* of the account; 0: any number */
  uint32_t reserved_rails;
  bourse_decimal max_order_notional;      /* in the quote currency of the order's market; absent: any */
  bourse_decimal max_notional_per_minute; /* of all orders of the account in one quote currency; absent: any */
} bourse_options;

#define BOURSE_OPTIONS_INIT BOURSE_STAMPED(bourse_options)

/* Zeroes the first `size` bytes of the struct and stamps it. Errors: BOURSE_ERROR_ARGUMENT. Any thread. */
BOURSE_API int32_t bourse_credentials_init(bourse_credentials *credentials, uint32_t size);
BOURSE_API int32_t bourse_options_init(bourse_options *options, uint32_t size);

/* Opens a handle of the exchange called `name`, the caller's to close. Nothing is sent. The shape of the credentials is checked.
 * Errors: BOURSE_ERROR_UNKNOWN_NAME, _STRUCT, _ARGUMENT, _CREDENTIALS, _FORBIDDEN (environment of the key and of the
 * options differ, or a live host was given with a key that is not), _MEMORY, _CRYPTO. */
BOURSE_API int32_t bourse_open(bourse_exchange **out, bourse_context *context, const char *name, const bourse_options *options);

/* Closes and wipes the keys. NULL is fine. Its requests in flight are dropped without completion. */
BOURSE_API void bourse_close(bourse_exchange *exchange);

/* What a handle was opened with: its exchange's name, borrowed as long as the handle; its context, NULL once that is freed;
 * BOURSE_LIVE and its like. NULL and 0 for a handle that is NULL; no errors. */
BOURSE_API const char *bourse_exchange_name(const bourse_exchange *exchange);
BOURSE_API bourse_context *bourse_exchange_context(const bourse_exchange *exchange);
BOURSE_API int32_t bourse_exchange_environment(const bourse_exchange *exchange);

/* Names of the exchanges that bourse_open knows in this context, by index; NULL past the last. Borrowed as long as the context. */
BOURSE_API const char *bourse_exchange_at(const bourse_context *context, uint32_t index);

/* Starts an operation and returns at once; *ticket (may be NULL) names it. It completes exactly once: with an event in
 * the queue, or, when request->on_complete is set, with that callback from inside bourse_run (the result is the
 * callback's to free). Even a request that cannot be sent completes that way, unless this function itself returns an
 * error (then nothing was started): BOURSE_ERROR_STRUCT, _ARGUMENT, _UNSUPPORTED, _STATE, _QUEUE_FULL, _MEMORY,
 * _FORBIDDEN, _CREDENTIALS. */
BOURSE_API int32_t bourse_submit(bourse_exchange *exchange, const bourse_request *request, uint64_t *ticket);

/* Gives up on the request with the number `ticket`: it completes with BOURSE_ERROR_CANCELED (outcome UNKNOWN when it could have reached the
 * exchange and is not a read). BOURSE_ERROR_STATE when the ticket is not under way. */
BOURSE_API int32_t bourse_cancel(bourse_context *context, uint64_t ticket);

/* Runs an operation to its end. *out is the result on success and NULL on failure; detail of a failure is in
 * bourse_context_error. Other requests of the context go on meanwhile; their events stay in the queue. Not from inside a
 * callback (BOURSE_ERROR_STATE). */
BOURSE_API int32_t bourse_execute(bourse_result **out, bourse_exchange *exchange, const bourse_request *request);

/* Asks the exchange whether the credentials work (permissions where it tells them). Errors as of bourse_execute. */
BOURSE_API int32_t bourse_check(bourse_result **out, bourse_exchange *exchange);

/* What the exchange does for an operation on a product (0: any), with margin_mode not 0: on margin. BOURSE_NATIVE,
 * BOURSE_EMULATED, or 0 for not at all; no errors. Any thread as long as the handle lives. */
BOURSE_API int32_t bourse_supports(const bourse_exchange *exchange, int32_t operation, int32_t product, int32_t margin_mode);

/* Makes a host's own exchange known to this context (see bourse/sys/adapter.h). The struct is copied (one of an older program is
 * shorter, and what it lacks is zero); the tables and functions it names must outlive the context and the handles.
 * Errors: BOURSE_ERROR_STRUCT, _ARGUMENT (a part is missing, or the name is taken), _MEMORY. */
struct bourse_adapter;
BOURSE_API int32_t bourse_register(bourse_context *context, const struct bourse_adapter *adapter);

/* --- Markets -------------------------------------------------------------------------------------------------------
 * Tables of markets are loaded when first needed, shared by the handles of a context, and refreshed when old. */

/* Makes `bytes` the table of `product`: what `bourse markets --json` prints, or the exchange's own reply to the request
 * for its markets. product 0: found from the bytes. Errors: BOURSE_ERROR_BAD_REPLY, _ARGUMENT, _MEMORY. */
BOURSE_API int32_t bourse_markets_load(bourse_exchange *exchange, int32_t product, const char *bytes, size_t length);

/* The market called `symbol` (unified, or the exchange's id with product). *out is borrowed until the next call on the
 * context. Loads the table if need be (blocking). Errors: BOURSE_ERROR_UNKNOWN_SYMBOL and those of fetch_markets. */
BOURSE_API int32_t bourse_market_find(const bourse_market **out, bourse_exchange *exchange, const char *symbol, int32_t product);

/* Rounds to what the market allows: price to its tick (BOURSE_ROUND_*), amount to its step (down unless told). Never
 * called by the library itself. Errors: BOURSE_ERROR_ABSENT, _ARGUMENT, _OVERFLOW. Any thread. */
BOURSE_API int32_t bourse_round_price(bourse_decimal *out, const bourse_market *market, const bourse_decimal *price,
                                      int32_t rounding);
BOURSE_API int32_t bourse_round_amount(bourse_decimal *out, const bourse_market *market, const bourse_decimal *amount,
                                       int32_t rounding);

/* --- Clock ---------------------------------------------------------------------------------------------------------
 * Offset of the exchange's clock against ours, nanoseconds, and the round trip it was measured over; BOURSE_ERROR_STATE
 * when it has not been measured. */
BOURSE_API int32_t bourse_clock_offset(int64_t *out_offset_ns, int64_t *out_round_trip_ns, const bourse_exchange *exchange);

/* --- Without a network ---------------------------------------------------------------------------------------------*/

/* Reads a reply that you have as if the operation's first request had brought it: *out as in bourse_execute. `headers` may be
 * NULL. Nothing is sent; markets must be loaded (bourse_markets_load) for symbols to be known. Errors as of bourse_execute. */
BOURSE_API int32_t bourse_decode(bourse_result **out, bourse_exchange *exchange, const bourse_request *request,
                                 int32_t http_status, const bourse_http_header *headers, uint32_t header_count,
                                 const char *body, size_t length);

#ifdef __cplusplus
}
#endif
#endif
