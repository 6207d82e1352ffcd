/* exchange/bybit/bybit.h - Bybit V5: spot and margin on spot, linear and inverse contracts, and option market data, all of the
 * unified account.
 *
 *   adapter.c    the tables: hosts, rate budgets, capabilities, endpoints; opening a handle
 *   rest.c       which endpoint serves an operation, signing, and what all requests and replies share
 *   market.c     markets and currencies
 *   data.c       public market data
 *   orders.c     placing, changing and canceling orders
 *   reports.c    what the exchange tells of orders and fills
 *   account.c    balances, positions, leverage and modes, fees, the account's book
 *   wallet.c     transfers, deposits, withdrawals, loans
 *   words.c      what the words of orders mean, in replies and in streams
 *   errors.c     error codes
 *   stream*.c    live streams, and orders over them (stream.h)
 *
 * One API serves all products: a request names its product as `category`. Setting of a handle: "option_coins" = BTC,ETH,...,
 * the underlyings whose options are listed (the exchange lists those of one at a time). */
#ifndef EXCHANGE_BYBIT_BYBIT_H
#define EXCHANGE_BYBIT_BYBIT_H

#include <bourse/sys/adapter.h>

extern const bourse_adapter bourse__bybit_adapter;

/* Indexes into the adapter's hosts. */
enum { BYBIT_API, BYBIT_WS, BYBIT_WS_PRIVATE, BYBIT_WS_TRADE, BYBIT_HOSTS };

/* Indexes into the adapter's limits. */
enum {
  BYBIT_ADDRESS,
  BYBIT_SPOT_CREATE,
  BYBIT_SPOT_AMEND,
  BYBIT_SPOT_CANCEL,
  BYBIT_SPOT_BATCH,
  BYBIT_FUTURES_CREATE,
  BYBIT_FUTURES_AMEND,
  BYBIT_FUTURES_CANCEL,
  BYBIT_FUTURES_BATCH,
  BYBIT_CANCEL_ALL,
  BYBIT_ORDERS, /* asking for orders */
  BYBIT_FILLS,
  BYBIT_POSITIONS,
  BYBIT_SETTINGS, /* of positions */
  BYBIT_ACCOUNT,
  BYBIT_LEDGER,
  BYBIT_ASSETS,
  BYBIT_TRANSFERS,
  BYBIT_RECORDS, /* of deposits and withdrawals */
  BYBIT_LOANS,
  BYBIT_LIMITS
};

/* What tells apart the endpoints that serve one operation on one product. */
enum {
  BYBIT_USUAL = 0,
  BYBIT_BATCH,
  BYBIT_HISTORY,  /* orders of the past */
  BYBIT_TRAILING, /* set on a position */
  BYBIT_FIRST,    /* what must be known before */
  BYBIT_MARK,
  BYBIT_INDEX,
  BYBIT_PREMIUM,
  BYBIT_FUNDING,         /* the funding wallet */
  BYBIT_OVER_SOCKET = 64 /* bit: as a message */
};

#define BYBIT_COINS_MAX 16

/* State of a handle. */
typedef struct bourse__bybit_state {
  int32_t environment;
  uint32_t coin_count;
  char coins[BYBIT_COINS_MAX][16]; /* whose options are listed */
} bourse__bybit_state;

#define BYBIT_MILLISECOND INT64_C(1000000)
#define BYBIT_SECOND      INT64_C(1000000000)
#define BYBIT_MINUTE      (60 * BYBIT_SECOND)
#define BYBIT_HOUR        (60 * BYBIT_MINUTE)
#define BYBIT_DAY         (24 * BYBIT_HOUR)

/* Past rates of loans: most in one reply, and how many come when no time is given. */
enum { BYBIT_RATE_ROWS = 30 * 24, BYBIT_RATE_ROWS_USUAL = 7 * 24 };

/* call->scratch: 0 and 1 belong to operations on several items. */
enum {
  BYBIT_SCRATCH_TURN = 2 /* which of several requests: products, underlyings, kinds of orders, lists */
};

/* --- rest.c --- */
const bourse_endpoint *bourse__bybit_route(bourse_call *call);
int32_t bourse__bybit_sign(bourse_call *call);
/* "spot", "linear", "inverse" or "option"; and back, 0 for none of them. */
const char *bourse__bybit_category(int32_t product);
int32_t bourse__bybit_product(bourse_slice category);
/* category, and symbol of the call's market, if there is one; and the same where there must be one. */
void bourse__bybit_put_symbol(bourse_call *call);
int32_t bourse__bybit_need_symbol(bourse_call *call);
/* A number: JSON bodies keep types. */
void bourse__bybit_put_number(bourse_call *call, const char *name, int64_t value);
/* The cursor of this page; and with startTime, endTime and limit, of a list that comes newest first. */
void bourse__bybit_put_cursor(bourse_call *call);
void bourse__bybit_put_page(bourse_call *call);
/* category, and symbol or, where linear contracts are listed without one, the currency they settle in: which one says
 * `turn`, and there are so many turns. */
void bourse__bybit_put_listed(bourse_call *call, int64_t turn);
int64_t bourse__bybit_listings(const bourse_call *call);
/* 1 when neither a market nor a currency of the caller says which contracts are meant. */
int32_t bourse__bybit_lists_all(const bourse_call *call);
/* The underlying whose options have this turn; NULL when all had theirs. */
const char *bourse__bybit_option_coin(const bourse_call *call, int64_t turn);

/* --- Reading (rest.c) --- */

extern const bourse_envelope bourse__bybit_envelope;
/* Takes the result out as a reply of its own. A refusal, and a reply that is not of this form, fail the call. */
int32_t bourse__bybit_unwrap(bourse_call *call, const bourse_http_reply *reply, bourse_http_reply *result);
/* Reads the result as one object. */
int32_t bourse__bybit_object(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table, void *out);
/* Reads {name: [...], "nextPageCursor": ""}; page may be NULL. The same, and asks for the next page while the caller's limit
 * wants more; and while there are pages. */
int32_t bourse__bybit_list(bourse_call *call, const bourse_http_reply *reply, const char *name, bourse_row_function row,
                           bourse_page *page);
int32_t bourse__bybit_pages(bourse_call *call, const bourse_http_reply *reply, const char *name,
                            bourse_row_function row);
int32_t bourse__bybit_whole(bourse_call *call, const bourse_http_reply *reply, const char *name,
                            bourse_row_function row);
/* What a reply says beside its result. */
typedef struct bourse__bybit_aside {
  bourse_slice extra; /* retExtInfo */
  int64_t time_ns;
} bourse__bybit_aside;
int32_t bourse__bybit_read_aside(bourse_call *call, const bourse_http_reply *reply, bourse__bybit_aside *out);

#define BYBIT_MARKET(type_, member_) \
  BOURSE_FIELD_FULL("symbol", CUSTOM, type_, member_, BOURSE_FIELD_REQUIRED, NULL, bourse_decode_market)
/* A text where "" means "none". */
int32_t bourse__bybit_read_text(bourse_decoder *decoder, void *member);

/* --- market.c --- */

/* Unified name of a network, and the exchange's own. */
const char *bourse__bybit_network_name(const char *id);
const char *bourse__bybit_network_id(const char *name);

/* --- data.c --- */

#define BYBIT_INTERVALS    13
#define BYBIT_FUNDING_ROWS 200
extern const bourse_interval bourse__bybit_intervals[BYBIT_INTERVALS];

/* What rows and messages tell of a market. */
typedef struct bourse__bybit_ticker_row {
  bourse_ticker ticker;
  bourse_decimal volume;
  bourse_decimal turnover;
} bourse__bybit_ticker_row;
void bourse__bybit_finish_ticker(int32_t product, bourse__bybit_ticker_row *row);
/* Contracts and cost of a trade that has price and amount. market may be NULL. */
void bourse__bybit_finish_trade(int32_t product, const bourse_market *market, bourse_trade *trade);

/* --- words.c --- What replies and streams tell in the same words. The functions add what is not said outright; market may be
 * NULL, and they fail for want of memory only. */
extern const bourse_name bourse__bybit_sides[];
extern const bourse_name bourse__bybit_self_trades[];
extern const bourse_name bourse__bybit_trigger_prices[];

typedef struct bourse__bybit_order_row {
  bourse_order order;
  bourse_slice category;
  bourse_slice symbol;
  bourse_slice time_in_force;
  bourse_slice stop_type;
  bourse_slice is_leverage;
  bourse_slice market_unit;
  bourse_slice cancel_type;
  bourse_slice reject_reason;
  bourse_slice fees; /* {"USDT": "0.1"} */
  bourse_decimal amount;
  bourse_decimal filled;
  bourse_decimal value;
  bourse_decimal trigger_price;
  int32_t direction;
  int32_t reserved;
} bourse__bybit_order_row;
extern const bourse_table bourse__bybit_order_table;
int32_t bourse__bybit_finish_order(bourse_arena *arena, int32_t product, const bourse_market *market,
                                   bourse__bybit_order_row *row);

typedef struct bourse__bybit_fill_row {
  bourse_fill fill;
  bourse_slice category;
  bourse_slice symbol;
  bourse_slice kind;
  bourse_slice is_leverage;
  bourse_decimal amount;
  bourse_decimal value;
  bourse_decimal fee_rate;
  int32_t maker;
  int32_t reserved;
} bourse__bybit_fill_row;
extern const bourse_table bourse__bybit_fill_table;
/* 1 for what is a fill of an order: funding, settlements and their like are in the same lists. */
int32_t bourse__bybit_is_fill(const bourse__bybit_fill_row *row);
int32_t bourse__bybit_finish_fill(bourse_arena *arena, int32_t product, const bourse_market *market,
                                  bourse__bybit_fill_row *row);

typedef struct bourse__bybit_position_row {
  bourse_position position;
  bourse_slice category;
  bourse_slice symbol;
  bourse_slice side;
  bourse_decimal size;
  bourse_decimal value;
  int32_t index; /* 0: one position a market; 1: the long one of two; 2: the short one */
  int32_t reserved;
} bourse__bybit_position_row;
extern const bourse_table bourse__bybit_position_table;
int32_t bourse__bybit_finish_position(bourse_arena *arena, int32_t product, const bourse_market *market,
                                      bourse__bybit_position_row *row);

/* One currency of the unified account. */
typedef struct bourse__bybit_coin_row {
  bourse_balance balance;
  bourse_decimal spot_borrow;
} bourse__bybit_coin_row;
extern const bourse_table bourse__bybit_coin_table;
void bourse__bybit_finish_coin(bourse__bybit_coin_row *row, int64_t time_ns);

/* --- errors.c --- */
int32_t bourse__bybit_error(bourse_call *call, const bourse_http_reply *reply);
/* Fails the call, or some of several orders, or finds that all is as wanted; what `error` returns. */
int32_t bourse__bybit_refused(bourse_call *call, bourse_slice code, bourse_slice message, bourse_slice data);
/* Our code for one of theirs. */
int32_t bourse__bybit_error_code(bourse_slice code, bourse_slice message);

/* --- orders.c --- */
/* The variant that serves the next items of create_orders, edit_orders and cancel_orders. */
uint32_t bourse__bybit_plan_step(bourse_call *call);
/* 1 when this request is about several orders at once. */
int32_t bourse__bybit_is_batch(const bourse_call *call);
/* 1 when an order to be canceled that was not found is looked for among those of another kind. */
int32_t bourse__bybit_looks_on(bourse_call *call, int32_t told);
/* 1 while it is not known which markets have orders to cancel. */
int32_t bourse__bybit_looks_up(const bourse_call *call);
/* Variant of the endpoint that places this order. */
uint32_t bourse__bybit_order_variant(const bourse_order_request *order);

/* --- The functions named in the table of endpoints --- */
#define BUILD(name_) int32_t bourse__bybit_build_##name_(bourse_call *call)
#define PARSE(name_) int32_t bourse__bybit_parse_##name_(bourse_call *call, const bourse_http_reply *reply)

BUILD(symbol);
PARSE(receipt);
/* market.c */
BUILD(markets);
BUILD(currencies);
PARSE(markets);
PARSE(currencies);
/* data.c */
BUILD(tickers);
BUILD(depth);
BUILD(trades);
BUILD(candles);
BUILD(funding_intervals);
BUILD(funding_history);
BUILD(open_interest);
BUILD(open_interest_history);
BUILD(leverage_tiers);
PARSE(time);
PARSE(status);
PARSE(tickers);
PARSE(depth);
PARSE(trades);
PARSE(candles);
PARSE(funding_rates);
PARSE(funding_intervals);
PARSE(funding_history);
PARSE(open_interest);
PARSE(leverage_tiers);
/* orders.c */
BUILD(order);
BUILD(trailing);
BUILD(batch_orders);
BUILD(edit);
BUILD(batch_edits);
BUILD(cancel);
BUILD(batch_cancel);
BUILD(cancel_all);
BUILD(close_position);
PARSE(order);
PARSE(trailing);
PARSE(batch_orders);
PARSE(cancel);
PARSE(cancel_all);
PARSE(busy_markets);
PARSE(position_to_close);
/* reports.c */
BUILD(open_orders);
BUILD(order_history);
BUILD(fills);
BUILD(funding_paid);
BUILD(liquidations);
PARSE(open_orders);
PARSE(order_history);
PARSE(fills);
PARSE(funding_paid);
PARSE(liquidations);
/* account.c */
BUILD(balances);
BUILD(funding_balances);
BUILD(positions);
BUILD(leverage);
BUILD(margin_mode);
BUILD(position_mode);
BUILD(position_margin);
BUILD(fees);
BUILD(ledger);
PARSE(balances);
PARSE(funding_balances);
PARSE(positions);
PARSE(leverage);
PARSE(margin_mode);
PARSE(position_mode);
PARSE(fees);
PARSE(ledger);
PARSE(permissions);
/* wallet.c */
BUILD(transfer);
BUILD(transfers);
BUILD(address);
BUILD(deposits);
BUILD(withdrawals);
BUILD(withdraw);
BUILD(loan);
BUILD(borrow_rate);
BUILD(rate_history);
BUILD(borrow_interest);
BUILD(borrow_limit);
PARSE(transfer);
PARSE(transfers);
PARSE(addresses);
PARSE(deposits);
PARSE(withdrawals);
PARSE(withdraw);
PARSE(loan);
PARSE(borrow_rates);
PARSE(borrow_interest);
PARSE(borrow_limit);

/* --- Streams (stream.h), and orders over them --- */
extern const bourse_stream_adapter bourse__bybit_stream;
int32_t bourse__bybit_takes_messages(const bourse_call *call);
int32_t bourse__bybit_sign_message(bourse_call *call);

#endif
