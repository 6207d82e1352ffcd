/* exchange/kucoin/kucoin.h - KuCoin: spot, cross and isolated margin ("HF", today's only ones), and futures, linear and
 * inverse.
 *
 *   adapter.c    the tables: hosts, rate budgets, capabilities, endpoints; opening a handle
 *   rest.c       which endpoint serves an operation, signing, and what all requests and replies share
 *   market.c     markets and currencies
 *   data.c       public market data
 *   orders.c     placing, changing and canceling orders on spot and margin
 *   lists.c      pairs of orders there of which one cancels the other
 *   reports.c    what the exchange tells of these orders and their fills
 *   account.c    balances, fees, the account's book, permissions, tokens of streams
 *   margin.c     borrowing and paying back
 *   wallet.c     transfers, deposits, withdrawals
 *   errors.c     error codes and texts
 *   stream*.c    live streams, and orders over them (stream.h)
 *   futures*.c   what only futures have (futures.h)
 *   unified*.c   the unified account (futures.h)
 *
 * Settings of a handle: "key_version" = 2 or 3 (the newest, unless told otherwise), which signed requests name; "sync" = yes
 * has orders and cancels on spot answered when the engine has dealt with them; "account" = classic or unified is the kind of
 * account that the key belongs to. */
#ifndef EXCHANGE_KUCOIN_KUCOIN_H
#define EXCHANGE_KUCOIN_KUCOIN_H

#include <bourse/sys/adapter.h>

extern const bourse_adapter bourse__kucoin_adapter;

/* Indexes into the adapter's hosts. */
enum {
  KUCOIN_SPOT,
  KUCOIN_FUTURES,
  KUCOIN_SPOT_WS,
  KUCOIN_FUTURES_WS,
  KUCOIN_ORDERS_WS,
  KUCOIN_UNIFIED_WS,
  KUCOIN_HOSTS
};

/* Indexes into the adapter's limits: pools of weights, by address and by account. */
enum { KUCOIN_PUBLIC, KUCOIN_SPOT_POOL, KUCOIN_FUTURES_POOL, KUCOIN_MANAGEMENT, KUCOIN_UNIFIED_POOL, KUCOIN_LIMITS };

/* What tells apart the endpoints that serve one operation on one product. */
enum {
  KUCOIN_USUAL = 0,
  KUCOIN_TEST,
  KUCOIN_SYNC,  /* answered when the engine has dealt with it */
  KUCOIN_BATCH, /* several at once */
  KUCOIN_BATCH_SYNC,
  KUCOIN_CLIENT, /* named by the client's id */
  KUCOIN_CLIENT_SYNC,
  KUCOIN_STOP, /* conditional orders, which are a service of their own */
  KUCOIN_STOP_CLIENT,
  KUCOIN_ATTACHED, /* with stop loss or take profit */
  KUCOIN_EVERY,    /* of all markets */
  KUCOIN_SYMBOLS,  /* the markets in which orders are open: asked first */
  KUCOIN_DONE,     /* what is no longer open */
  KUCOIN_TOP,      /* books: twenty levels, a hundred */
  KUCOIN_PART,
  KUCOIN_ONE,   /* of one market */
  KUCOIN_PAIRS, /* orders of which one cancels the other, which are one more service */
  KUCOIN_OPEN,  /* without a key */
  KUCOIN_REPAID,
  KUCOIN_PRICES,           /* candles of prices that no trade made */
  KUCOIN_OVER_SOCKET = 64, /* bit: as a message */
  KUCOIN_UNIFIED = 128     /* bit: of the unified account */
};

/* State of a handle. */
typedef struct bourse__kucoin_state {
  int32_t key_version;
  int32_t sync;  /* yes: see above */
  int32_t keyed; /* yes: there is a key */
  int32_t unified;
} bourse__kucoin_state;

/* Operations on orders that take several requests: what is asked next. Lists are of one market each, and conditional orders
 * have lists of their own. */
enum {
  KUCOIN_ASK_SYMBOLS = 0,
  KUCOIN_ASK_ORDERS,
  KUCOIN_ASK_DONE,
  KUCOIN_ASK_STOPS,
  KUCOIN_ASK_PAIRS,
  KUCOIN_ASK_PAIR
};

/* call->scratch: 0 and 1 are the items of several orders. */
enum { SCRATCH_STAGE = 2, SCRATCH_INDEX = 3, SCRATCH_ROWS = 4, SCRATCH_PAGE = 5 };

#define KUCOIN_MILLISECOND INT64_C(1000000)
#define KUCOIN_SECOND      INT64_C(1000000000)
#define KUCOIN_MINUTE      (60 * KUCOIN_SECOND)
#define KUCOIN_HOUR        (60 * KUCOIN_MINUTE)
#define KUCOIN_DAY         (24 * KUCOIN_HOUR)

/* --- rest.c --- */
const bourse_endpoint *bourse__kucoin_route(bourse_call *call);
int32_t bourse__kucoin_sign(bourse_call *call);
/* base64 of HMAC-SHA256 of the passphrase; NULL after failing (call may be NULL: then nothing is told). */
const char *bourse__kucoin_sign_passphrase(bourse_signer *signer, bourse_arena *arena);
/* The same of any text. */
const char *bourse__kucoin_sign_text(bourse_signer *signer, bourse_arena *arena, const char *text, size_t length);
/* 1 when the request names a conditional order on spot or margin, by its id or because it was told so. */
int32_t bourse__kucoin_names_stop(const bourse_call *call, const char *id);

/* A parameter of true; of what is a number in JSON. */
void bourse__kucoin_put_true(bourse_call *call, const char *name);
void bourse__kucoin_put_number(bourse_call *call, const char *name, const bourse_decimal *value);
/* The whole body, where it is a bare list. */
#define KUCOIN_WHOLE_BODY "@body"

/* --- Reading (rest.c) --- */

/* Takes the data out as a reply of its own. A refusal, and a reply that is not of this form, fail the call. */
int32_t bourse__kucoin_unwrap(bourse_call *call, const bourse_http_reply *reply, bourse_http_reply *data);
/* 1 when there is no data. */
int32_t bourse__kucoin_is_null(const bourse_http_reply *data);
/* Reads the data as one object; as an array of rows, or one row, or nothing; as {"items": [rows]} or another name. */
int32_t bourse__kucoin_object(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table, void *out);
int32_t bourse__kucoin_rows(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row);
int32_t bourse__kucoin_list(bourse_call *call, const bourse_http_reply *reply, const char *name,
                            bourse_row_function row);
/* Lists that end with the number to go on from, lastId; and lists in numbered pages, currentPage of totalPage. */
int32_t bourse__kucoin_put_last_id(bourse_call *call, uint32_t most);
int32_t bourse__kucoin_chain(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row);
int32_t bourse__kucoin_put_page(bourse_call *call, uint32_t most);
int32_t bourse__kucoin_pages(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row);
/* One of these, without going on. */
int32_t bourse__kucoin_read_page(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row,
                                 bourse_page *page);

/* Custom fields: milliseconds, microseconds or nanoseconds, as the size of the number tells; a currency; a market of any
 * product into the pair of symbol and id. */
int32_t bourse__kucoin_read_time(bourse_decoder *decoder, void *member);
int32_t bourse__kucoin_read_currency(bourse_decoder *decoder, void *member);
int32_t bourse__kucoin_read_market(bourse_decoder *decoder, void *member);
int64_t bourse__kucoin_time_of(int64_t number);

#define KUCOIN_TIME(name_, type_, member_) \
  BOURSE_FIELD_FULL(name_, CUSTOM, type_, member_, 0, NULL, bourse__kucoin_read_time)
#define KUCOIN_MARKET(name_, type_, member_) \
  BOURSE_FIELD_FULL(name_, CUSTOM, type_, member_, 0, NULL, bourse__kucoin_read_market)
#define KUCOIN_CURRENCY(name_, type_, member_) \
  BOURSE_FIELD_FULL(name_, CUSTOM, type_, member_, 0, NULL, bourse__kucoin_read_currency)

/* --- market.c --- */

/* The market that the exchange calls so, of whatever product. */
const bourse_market *bourse__kucoin_market(bourse_call *call, bourse_slice id);
/* Unified code of a currency, static or in the arena; NULL when memory is out. And what requests call it. */
const char *bourse__kucoin_currency(bourse_arena *arena, bourse_slice name);
const char *bourse__kucoin_native_currency(const bourse_call *call, const char *currency);
/* The unified name of a network by the exchange's id of it, and back (NULL: no name, or memory is out). */
const char *bourse__kucoin_network_name(const char *id);
const char *bourse__kucoin_network_id(const bourse_call *call, const char *name);

/* --- data.c --- */
extern const bourse_name bourse__kucoin_sides[];
/* A span of time for as many candles as are wanted. When one ends, and whether it has. */
void bourse__kucoin_window(const bourse_call *call, int64_t length_ns, int64_t *since_ns, int64_t *until_ns);
void bourse__kucoin_close_candle(const bourse_call *call, bourse_candle *candle, const bourse_interval *interval);
/* Reads a trade by its table, and appends it where it is wanted: else *trade is left alone. */
int32_t bourse__kucoin_append_trade(bourse_call *call, bourse_decoder *decoder, const bourse_table *table,
                                    bourse_trade **trade);
/* Lengths of candles on spot, and what streams call them. */
const bourse_interval *bourse__kucoin_spot_intervals(size_t *count);
int32_t bourse__kucoin_candle_row(bourse_call *call, bourse_decoder *decoder);

/* --- orders.c --- */
extern const bourse_name bourse__kucoin_times_in_force[];
extern const bourse_name bourse__kucoin_self_trades[];
/* The order that this step is about, its market and account. */
typedef struct bourse__kucoin_subject {
  const bourse_order_request *order;
  const bourse_market *market;
  int32_t margin_mode;
} bourse__kucoin_subject;
bourse__kucoin_subject bourse__kucoin_subject_of(const bourse_call *call);
/* The orders of this step as a list called `name`, each as `put` puts it. */
int32_t bourse__kucoin_put_batch(bourse_call *call, const char *name,
                                 int32_t (*put)(bourse_call *call, const bourse__kucoin_subject *subject));
uint32_t bourse__kucoin_order_variant(const bourse_call *call, const bourse_order_request *order);
/* The record of an order that was placed: the reply tells ids, the rest is what was asked for. */
bourse_order *bourse__kucoin_append_placed(bourse_call *call, const bourse__kucoin_subject *subject, const char *id,
                                           const char *client_id);
bourse_order *bourse__kucoin_append_canceled(bourse_call *call, const char *id, const char *client_id);
/* The market that this step is about; and after it: 1 while there are more of those in which orders are open. */
const char *bourse__kucoin_present_symbol(const bourse_call *call);
int32_t bourse__kucoin_next_symbol(bourse_call *call);
/* TRADE, MARGIN_TRADE, MARGIN_ISOLATED_TRADE. */
const char *bourse__kucoin_trade_type(int32_t margin_mode);
extern const bourse_name bourse__kucoin_trade_types[];
/* Fails what orders on spot and margin cannot have. */
int32_t bourse__kucoin_check_order(bourse_call *call, const bourse__kucoin_subject *subject);
void bourse__kucoin_put_borrow(bourse_call *call, const bourse__kucoin_subject *subject);
/* The ids that a reply to canceling conditional orders tells. */
int32_t bourse__kucoin_canceled_ids(bourse_call *call, const bourse_http_reply *reply, const char *const **ids,
                                    uint32_t *count);
/* After how many seconds without another word all orders are canceled. */
int32_t bourse__kucoin_put_timer(bourse_call *call);
/* Seconds from now until an order ends. */
int32_t bourse__kucoin_put_expiry(bourse_call *call, const bourse_order_request *order);

/* --- lists.c --- */

/* The pair that an order's id names, and which of its two; NULL: the id is none of an order of a pair. */
const char *bourse__kucoin_pair_id(const char *id, int32_t *leg);

/* --- reports.c --- */

/* Whether the caller wants this order: its market, time, status and kind. */
int32_t bourse__kucoin_is_wanted(const bourse_call *call, const bourse_order *order);
int32_t bourse__kucoin_order_not_found(bourse_call *call);
/* Digits of a quotient of prices: eight beyond those of the tick. */
int32_t bourse__kucoin_price_digits(const bourse_market *market);

/* --- errors.c --- */
int32_t bourse__kucoin_error(bourse_call *call, const bourse_http_reply *reply);
int32_t bourse__kucoin_error_code(bourse_slice code, bourse_slice message);
/* Sets the error that the exchange told. What bourse_refuse returns. */
int32_t bourse__kucoin_refused(bourse_call *call, bourse_slice code, bourse_slice message, bourse_slice data);

/* --- account.c --- */
int32_t bourse__kucoin_fee_row(bourse_call *call, bourse_decoder *decoder);
int32_t bourse__kucoin_ledger_row(bourse_call *call, bourse_decoder *decoder);

/* --- The functions named in the table of endpoints --- */
#define BUILD(name_) int32_t bourse__kucoin_build_##name_(bourse_call *call)
#define PARSE(name_) int32_t bourse__kucoin_parse_##name_(bourse_call *call, const bourse_http_reply *reply)

/* rest.c */
PARSE(receipt);
/* market.c */
PARSE(markets);
PARSE(currencies);
/* data.c */
BUILD(symbol);
BUILD(candles);
PARSE(time);
PARSE(status);
PARSE(ticker);
PARSE(tickers);
PARSE(depth);
PARSE(trades);
PARSE(candles);
PARSE(mark_prices);
/* orders.c */
BUILD(order);
BUILD(batch_orders);
BUILD(amend);
BUILD(cancel);
BUILD(cancel_all);
BUILD(stop_order);
BUILD(cancel_stop);
BUILD(cancel_all_after);
PARSE(order);
PARSE(batch_orders);
PARSE(amend);
PARSE(cancel);
PARSE(cancel_all);
PARSE(cancel_stop);
PARSE(cancel_all_after);
/* lists.c */
BUILD(list);
BUILD(lists);
BUILD(query_list);
BUILD(cancel_list);
PARSE(list);
PARSE(lists);
PARSE(query_list);
PARSE(cancel_list);
PARSE(cancel_lists);
/* reports.c */
BUILD(query_order);
BUILD(query_stop);
BUILD(symbols);
BUILD(open_orders);
BUILD(stop_orders);
BUILD(done_orders);
BUILD(fills);
PARSE(query_order);
PARSE(query_stop);
PARSE(symbols);
PARSE(open_orders);
PARSE(stop_orders);
PARSE(done_orders);
PARSE(fills);
/* account.c */
BUILD(balances);
BUILD(margin_balances);
BUILD(fees);
BUILD(ledger);
BUILD(accounts_ledger);
PARSE(balances);
PARSE(cross_balances);
PARSE(isolated_balances);
PARSE(fees);
PARSE(ledger);
PARSE(accounts_ledger);
PARSE(permissions);
PARSE(stream_token);
/* margin.c */
BUILD(borrow);
BUILD(loans);
BUILD(interest);
BUILD(leverage);
BUILD(borrow_rates);
PARSE(loan);
PARSE(loans);
PARSE(interest);
PARSE(borrow_rates);
/* wallet.c */
BUILD(transfer);
BUILD(address);
BUILD(transactions);
BUILD(transfers);
BUILD(withdraw);
PARSE(transfer);
PARSE(addresses);
PARSE(transactions);
PARSE(transfers);
PARSE(withdraw);

/* --- Streams (stream.h), and orders over them --- */
extern const bourse_stream_adapter bourse__kucoin_stream;
int32_t bourse__kucoin_sign_message(bourse_call *call);

/* --- Futures (futures*.c) --- */
const bourse_endpoint *bourse__kucoin_futures_route(bourse_call *call);

/* --- The unified account (unified*.c) --- */
/* 1 when the call is about what only that account has, and the handle was opened for it. */
int32_t bourse__kucoin_is_unified(const bourse_call *call);
const bourse_endpoint *bourse__kucoin_unified_route(bourse_call *call);

#endif
