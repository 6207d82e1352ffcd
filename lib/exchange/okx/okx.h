/* exchange/okx/okx.h - OKX, API V5: spot, margin, perpetual and dated futures (linear and inverse), market data of options.
 *
 *   adapter.c    the tables: hosts, rate budgets, capabilities, endpoints; opening a handle
 *   rest.c       which endpoint serves an operation, signing, and what all requests and replies share
 *   market.c     markets (instruments), currencies, leverage tiers
 *   data.c       public market data
 *   orders.c     placing, changing and canceling orders
 *   reports.c    what the exchange tells of orders and fills
 *   account.c    balances, positions, leverage and modes, fees, the account's book
 *   wallet.c     transfers, deposits, withdrawals, loans
 *   words.c      what the words of orders mean, and sizes in contracts
 *   errors.c     error codes
 *   stream.c     connections, channels, subscriptions, and what kind of message one is
 *   stream_market.c   public messages
 *   stream_account.c  messages about the account
 *
 * Settings of a handle: "region" = global, eea or us, where the account was opened: a key works nowhere else.
 *
 * Derivatives are traded in contracts, which may be fractions. What is a number of base units elsewhere in this library is
 * one here too: sizes are multiplied by what a contract is worth, exactly, and divided by it on the way out. Inverse
 * contracts are of quote currency and stay contracts. */
#ifndef EXCHANGE_OKX_OKX_H
#define EXCHANGE_OKX_OKX_H

#include <bourse/sys/adapter.h>

extern const bourse_adapter bourse__okx_adapter;

/* Indexes into the adapter's hosts. */
enum { OKX_API, OKX_WS, OKX_HOSTS };

/* Indexes into the adapter's limits. Requests and messages share those of orders. */
enum {
  OKX_PUBLIC_10, /* by address, in two seconds */
  OKX_PUBLIC_20,
  OKX_BOOKS,
  OKX_TRADES,
  OKX_STATUS,
  OKX_ORDERS, /* by account and market, in two seconds: placing, changing, canceling; one by one, in batches */
  OKX_ORDER_BATCHES,
  OKX_EDITS,
  OKX_EDIT_BATCHES,
  OKX_CANCELS,
  OKX_CANCEL_BATCHES,
  OKX_LOOKUPS,
  OKX_ALGOS,
  OKX_ALGO_CANCELS,
  OKX_NEW_ORDERS, /* by account: orders placed and changed in all markets */
  OKX_LISTS,      /* by account, in two seconds */
  OKX_HISTORY,
  OKX_ALGO_LISTS,
  OKX_ACCOUNT_5,
  OKX_ACCOUNT_10,
  OKX_ACCOUNT_20,
  OKX_ASSETS, /* by account, in a second */
  OKX_ONCE,
  OKX_LIMITS
};

/* What tells apart the endpoints that serve one operation on one product. */
enum {
  OKX_USUAL = 0, /* and bits of: */
  OKX_ALGO = 1,  /* conditional and other strategies' orders, which have ids, lists and endpoints of their own */
  OKX_TEST = 2,
  OKX_BATCH = 4,
  OKX_FULL = 8,  /* a deep book */
  OKX_PAST = 16, /* what is older than the recent list goes back */
  OKX_MARK = 32, /* candles of the mark price, and of the index */
  OKX_INDEX = 64,
  OKX_FUNDING = 128, /* the funding account */
  OKX_SUMS = 256,    /* of all accounts */
  OKX_FIRST = 512,   /* what must be known before */
  OKX_OVER_SOCKET = 1024
};

/* Ids of strategies' orders are in a number space of their own. */
#define OKX_ALGO_PREFIX "algo:"

/* State of a handle. */
typedef struct bourse__okx_state {
  int32_t environment;
} bourse__okx_state;

#define OKX_MILLISECOND INT64_C(1000000)
#define OKX_SECOND      INT64_C(1000000000)
#define OKX_MINUTE      (60 * OKX_SECOND)
#define OKX_HOUR        (60 * OKX_MINUTE)
#define OKX_DAY         (24 * OKX_HOUR)

/* --- rest.c --- */
const bourse_endpoint *bourse__okx_route(bourse_call *call);
int32_t bourse__okx_sign(bourse_call *call);
int32_t bourse__okx_is_message(const bourse_call *call);

/* Kind of instrument of a market, and of what the call is about: its market's, or that of list scratch[4] of its product's
 * two. */
const char *bourse__okx_type_of(const bourse_market *market, int32_t margin_mode);
const char *bourse__okx_type(const bourse_call *call);
/* Kind of instrument when there is but one that the call can be about; NULL: two. */
const char *bourse__okx_only_type(const bourse_call *call);
/* Kind of strategies whose list is on, and how often all kinds have been asked for. */
const char *bourse__okx_strategy(const bourse_call *call);
uint32_t bourse__okx_strategy_round(const bourse_call *call);

/* instId of the call's market; instIdCode in messages. */
int32_t bourse__okx_put_market(bourse_call *call, const bourse_market *market);
/* The list that is the whole body: an array of objects. */
#define OKX_LIST "@list"

/* --- Reading (rest.c) --- */

/* Takes the data out as a reply of its own. A refusal, and a reply that is not of this form, fail the call. */
int32_t bourse__okx_unwrap(bourse_call *call, const bourse_http_reply *reply, bourse_http_reply *data);
/* Reads the data row by row; as one object, that of its first row. */
int32_t bourse__okx_rows(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row);
int32_t bourse__okx_object(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table, void *out);
/* A list, newest first, whose rows tell with bourse__okx_seen what the next page goes by; and after it perhaps another. */
int32_t bourse__okx_list(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row);
int32_t bourse__okx_seen(bourse_call *call, const char *id); /* NULL: what follows is not wanted any more */
int32_t bourse__okx_seen_at(bourse_call *call, int64_t time_ns);
/* Within since and until of the request. */
int32_t bourse__okx_is_in_range(const bourse_call *call, int64_t time_ns);
/* A row whose numbers do not fit, or memory is out. */
int32_t bourse__okx_row_failed(bourse_call *call, bourse_decoder *decoder, int32_t code, const char *name);
/* Which page is asked for: `after` and `limit`; how many lists there are to ask, and which is on. */
void bourse__okx_put_page(bourse_call *call);
void bourse__okx_put_time_page(bourse_call *call, int32_t with_since);
uint32_t bourse__okx_list_count(const bourse_call *call);

/* --- words.c --- */

extern const bourse_name bourse__okx_sides[];
extern const bourse_name bourse__okx_position_sides[];
extern const bourse_name bourse__okx_margin_modes[];
extern const bourse_name bourse__okx_self_trades[];
extern const bourse_name bourse__okx_triggers[];
extern const bourse_name bourse__okx_roles[];

/* What an id says of its product. */
int32_t bourse__okx_product_of(bourse_slice id);
/* A size as the exchange counts it, in base units and in contracts. market may be NULL. BOURSE_ERROR_OVERFLOW: it does not
 * fit. */
int32_t bourse__okx_size(const bourse_market *market, int32_t product, const bourse_decimal *size,
                         bourse_decimal *amount, bourse_decimal *contracts);
/* Levels of a book, whose amounts are sizes, in base units. */
int32_t bourse__okx_scale(const bourse_market *market, bourse_level_list *side);
/* Quote units of an amount, or of contracts, at a price. */
void bourse__okx_cost(int32_t product, const bourse_market *market, const bourse_decimal *amount,
                      const bourse_decimal *contracts, const bourse_decimal *price, bourse_decimal *cost);

/* An order, or a report of one: what REST and channels tell in the same words. */
typedef struct bourse__okx_order {
  bourse_order order;
  bourse_slice id;   /* of the market */
  bourse_slice type; /* ordType */
  bourse_slice state;
  bourse_slice mode;   /* tdMode */
  bourse_slice target; /* tgtCcy */
  bourse_slice kind;   /* instType */
  bourse_decimal size;
  bourse_decimal filled;
  const char *cancel_source;
  const char *strategy_client_id; /* algoClOrdId */
  bourse_fill fill;               /* the newest one, in channels */
  bourse_decimal fill_size;
  bourse_decimal fee_of_fill;
  const char *fee_of_fill_currency;
} bourse__okx_order;
extern const bourse_table bourse__okx_order_table;
/* An order of a strategy. */
typedef struct bourse__okx_algo {
  bourse_order order;
  bourse_slice id;
  bourse_slice type;
  bourse_slice state;
  bourse_slice mode;
  bourse_slice target;
  bourse_slice kind;
  bourse_slice number; /* algoId */
  bourse_slice fired;  /* of a pair: tp or sl */
  bourse_decimal size;
  bourse_decimal filled;
  bourse_decimal stop_price; /* what is sent when it fires: a price, or -1 for the market */
  bourse_decimal gain_price;
  bourse_decimal order_price;
  bourse_decimal limit_price;
  bourse_decimal visible;
  bourse_decimal ratio; /* of a trailing one, as a fraction */
  bourse_decimal fraction;
} bourse__okx_algo;
extern const bourse_table bourse__okx_algo_table;
/* Zero is how OKX says that there is none. */
void bourse__okx_drop_zero(bourse_decimal *value);
/* Sets the order's members that follow from the words. BOURSE_ERROR_OVERFLOW, _MEMORY. */
int32_t bourse__okx_finish_order(bourse_arena *arena, const bourse_market *market, bourse__okx_order *row);
int32_t bourse__okx_finish_algo(bourse_arena *arena, const bourse_market *market, bourse__okx_algo *row);
/* The fill that a report of an order tells of; 0: none. */
int32_t bourse__okx_take_fill(const bourse_market *market, bourse__okx_order *row);

typedef struct bourse__okx_position {
  bourse_position position;
  bourse_slice id;
  bourse_slice side;
  bourse_slice kind;
  bourse_slice currency; /* of what the position is, on margin */
  bourse_decimal size;
  bourse_decimal notional_usd;
} bourse__okx_position;
extern const bourse_table bourse__okx_position_table;
int32_t bourse__okx_finish_position(const bourse_market *market, bourse__okx_position *row);

extern const bourse_table bourse__okx_balance_table; /* over bourse__okx_balance */
typedef struct bourse__okx_balance {
  bourse_balance balance;
  bourse_decimal free_equity;
} bourse__okx_balance;
void bourse__okx_finish_balance(bourse__okx_balance *row);

/* --- market.c --- */

/* The part of an id that is its family: all but what tells one contract. */
const char *bourse__okx_family(bourse_call *call, const bourse_market *market);
/* Name of the market of an id into a record's pair of strings: the market, NULL when it is not listed; *code tells of
 * memory. */
const bourse_market *bourse__okx_name(bourse_call *call, bourse_slice id, const char **symbol, const char **market_id,
                                      int32_t *code);
/* 1 when the call's product is that of the id, and its markets none or that one. */
int32_t bourse__okx_is_wanted(const bourse_call *call, bourse_slice id);
/* Chain of a currency: unified, and in the exchange's words. */
const char *bourse__okx_network_name(bourse_arena *arena, const char *currency, const char *chain);
const char *bourse__okx_chain(bourse_arena *arena, const char *currency, const char *network);

/* --- data.c --- */

extern const bourse_interval bourse__okx_intervals[];
extern const uint32_t bourse__okx_interval_count;
/* A ticker's members in the words that REST and the channel share. */
typedef struct bourse__okx_ticker {
  bourse_ticker ticker;
  bourse_slice id;
  bourse_decimal volume;
  bourse_decimal currency_volume;
} bourse__okx_ticker;
extern const bourse_table bourse__okx_ticker_table;
int32_t bourse__okx_finish_ticker(const bourse_market *market, int32_t product, bourse__okx_ticker *row);
typedef struct bourse__okx_trade {
  bourse_trade trade;
  bourse_slice id;
  bourse_decimal size;
  int64_t count;
} bourse__okx_trade;
extern const bourse_table bourse__okx_trade_table;
int32_t bourse__okx_finish_trade(const bourse_market *market, int32_t product, bourse__okx_trade *row);
typedef struct bourse__okx_candle {
  bourse_candle candle;
  bourse_decimal volume;
  bourse_decimal currency_volume;
  bourse_decimal quote_volume;
  bourse_slice confirmed;
} bourse__okx_candle;
extern const bourse_table bourse__okx_candle_table;
extern const bourse_table bourse__okx_price_candle_table; /* of the mark price and the index: without volumes */
void bourse__okx_finish_candle(const bourse_market *market, int32_t product, const bourse_interval *interval,
                               bourse__okx_candle *row);

/* --- orders.c --- */

/* The variant that serves the next items of create_orders, edit_orders and cancel_orders, which begin at scratch[0] and
 * are scratch[1] many. */
uint32_t bourse__okx_plan_step(bourse_call *call);
/* Variant of the endpoint that places this order; of the one that knows the order of this id. */
uint32_t bourse__okx_order_variant(const bourse_order_request *order);
uint32_t bourse__okx_id_variant(const bourse_call *call, const char *id);
/* 1 when the order can be sent as a message. */
int32_t bourse__okx_has_message(const bourse_call *call);

/* --- errors.c --- */
int32_t bourse__okx_error(bourse_call *call, const bourse_http_reply *reply);
/* Our code for one of theirs. */
int32_t bourse__okx_error_code(bourse_slice code, bourse_slice message);
/* A refusal told by the envelope, or by its first item that tells one. */
int32_t bourse__okx_refused(bourse_call *call, bourse_slice code, bourse_slice message, bourse_slice data);
extern const bourse_envelope bourse__okx_shape;

/* --- The functions named in the table of endpoints --- */
#define BUILD(name_) int32_t bourse__okx_build_##name_(bourse_call *call)
#define PARSE(name_) int32_t bourse__okx_parse_##name_(bourse_call *call, const bourse_http_reply *reply)

/* rest.c */
PARSE(receipt);
/* market.c */
BUILD(instruments);
BUILD(tiers);
PARSE(families);
PARSE(instruments);
PARSE(tiers);
PARSE(currencies);
BUILD(currencies);
/* data.c */
BUILD(market);
BUILD(type);
BUILD(type_and_market);
BUILD(mark_prices);
BUILD(book);
BUILD(trades);
BUILD(past_trades);
BUILD(candles);
BUILD(index_candles);
BUILD(any);
BUILD(funding_history);
BUILD(interest_history);
PARSE(time);
PARSE(status);
PARSE(tickers);
PARSE(book);
PARSE(trades);
PARSE(past_trades);
PARSE(candles);
PARSE(price_candles);
PARSE(mark_prices);
PARSE(funding_rates);
PARSE(funding_history);
PARSE(open_interest);
PARSE(interest_history);
/* orders.c */
BUILD(order);
BUILD(algo);
BUILD(pair);
BUILD(batch);
BUILD(edit);
BUILD(edit_algo);
BUILD(batch_edits);
BUILD(cancel);
BUILD(cancel_algo);
BUILD(batch_cancel);
BUILD(batch_cancel_algos);
BUILD(cancel_list);
BUILD(cancel_all_after);
BUILD(close_position);
PARSE(order);
PARSE(test);
PARSE(pair);
PARSE(batch);
PARSE(edit);
PARSE(cancel);
PARSE(batch_cancel);
PARSE(orders_to_cancel);
PARSE(cancel_all_after);
PARSE(close_position);
/* reports.c */
BUILD(order_id);
BUILD(algo_id);
BUILD(list_id);
BUILD(open_orders);
BUILD(open_algos);
BUILD(past_orders);
BUILD(past_algos);
BUILD(fills);
PARSE(orders);
PARSE(algos);
PARSE(algo_list);
PARSE(fills);
/* account.c */
BUILD(balances);
BUILD(positions);
BUILD(leverages);
BUILD(set_leverage);
BUILD(position_mode);
BUILD(account_mode);
BUILD(margin);
BUILD(fee);
BUILD(ledger);
PARSE(balances);
PARSE(funding_balances);
PARSE(sums);
PARSE(positions);
PARSE(leverages);
PARSE(position_mode);
PARSE(permissions);
PARSE(accounts);
PARSE(fee);
PARSE(ledger);
/* wallet.c */
BUILD(transfer);
BUILD(coin);
BUILD(transactions);
BUILD(withdraw);
BUILD(loan);
BUILD(rate_history);
BUILD(interest);
PARSE(transfer);
PARSE(transfers);
PARSE(addresses);
PARSE(deposits);
PARSE(withdrawals);
PARSE(withdraw);
PARSE(loan);
PARSE(loans);
PARSE(rates);
PARSE(rate_history);
PARSE(interest);

/* --- Streams (stream.h) --- */
extern const bourse_stream_adapter bourse__okx_stream;
int32_t bourse__okx_sign_message(bourse_call *call);

#endif
