/* exchange/coinbase/coinbase.h - Coinbase Advanced Trade: spot, and futures of the US (linear: perpetual and dated).
 *
 *   adapter.c    the tables: hosts, rate budgets, capabilities, endpoints; opening a handle
 *   rest.c       which endpoint serves an operation, signing, and what requests and replies share
 *   market.c     markets and currencies, and what the list of markets tells besides
 *   data.c       public market data
 *   orders.c     placing, changing and canceling orders
 *   reports.c    what the exchange tells of orders and fills
 *   account.c    balances, positions, fees, wallets, portfolios, permissions
 *   wallet.c     transfers, deposits, withdrawals
 *   errors.c     error codes
 *   stream*.c    live streams (stream.h); orders are not entered over them
 *
 * Credentials are those of a key of the developer platform: api_key is the key's name, secret its private key as the site
 * gives it, or the whole text of the key file. Settings of a handle: "feed" = exchange takes public tickers, best prices and
 * trades from the feed of Coinbase Exchange, which is another connection with the same markets.
 *
 * `account` of a request is the id of a wallet in what moves money (found by its currency when it is not given), and of a
 * portfolio in fetch_balances; fetch_accounts lists the wallets, and with account = portfolios those. A key belongs to one
 * portfolio and trades there.
 *
 * Sizes of futures are in contracts on the wire, and in base units and contracts both here. */
#ifndef EXCHANGE_COINBASE_COINBASE_H
#define EXCHANGE_COINBASE_COINBASE_H

#include <bourse/sys/adapter.h>

extern const bourse_adapter bourse__coinbase_adapter;

/* Indexes into the adapter's hosts. */
enum { COINBASE_REST, COINBASE_WS, COINBASE_WS_USER, COINBASE_FEED, COINBASE_HOSTS };

/* Indexes into the adapter's limits. */
enum { COINBASE_PUBLIC, COINBASE_PRIVATE, COINBASE_APP, COINBASE_LIMITS };

/* What tells apart the endpoints that serve one operation. */
enum {
  COINBASE_USUAL = 0,
  COINBASE_SIGNED, /* the same with a key: not from a cache */
  COINBASE_TEST,
  COINBASE_FIRST,  /* what must be known before */
  COINBASE_WALLET, /* the wallet of a currency must be known before */
  COINBASE_CRYPTO, /* beside those of states */
  COINBASE_PORTFOLIOS,
  COINBASE_ONE,
  COINBASE_FIAT
};

/* scratch of operations that are not about several items; [0] and [1] are those of items. */
enum { COINBASE_STAGE = 2, COINBASE_FROM = 3, COINBASE_TO = 4, COINBASE_FOUND = 5 };

/* State of a handle. */
typedef struct bourse__coinbase_state {
  int32_t exchange_feed; /* yes: public streams come from Coinbase Exchange where it has them */
  int32_t reserved;
} bourse__coinbase_state;

#define COINBASE_MILLISECOND INT64_C(1000000)
#define COINBASE_SECOND      INT64_C(1000000000)
#define COINBASE_MINUTE      (60 * COINBASE_SECOND)
#define COINBASE_HOUR        (60 * COINBASE_MINUTE)

/* Most orders of one cancel. */
#define COINBASE_CANCEL_MAX 100

/* --- rest.c --- */
const bourse_endpoint *bourse__coinbase_route(bourse_call *call);
int32_t bourse__coinbase_sign(bourse_call *call);
/* 1 once the first of two requests is done. */
int32_t bourse__coinbase_second_part(const bourse_call *call);
/* A time as ISO 8601 with so many digits behind its seconds; 0: nothing. */
int32_t bourse__coinbase_put_time(bourse_call *call, const char *name, int64_t time_ns, int32_t digits);
/* The ids of the markets asked for, each as a parameter of this name. */
void bourse__coinbase_put_products(bourse_call *call);
/* Custom field: "1.2", or {"value": "1.2", "currency": "USD"}. */
int32_t bourse__coinbase_read_money(bourse_decoder *decoder, void *member);
/* Custom field: a time; one of the year 1, or "", is none. */
int32_t bourse__coinbase_read_time(bourse_decoder *decoder, void *member);
/* The market that a reply calls by this id, of spot or futures; NULL: not listed. */
const bourse_market *bourse__coinbase_market(bourse_call *call, bourse_slice id);
/* Whether sizes of it are contracts; a market that is not listed any more is known by the form of its id (BIT-26DEC25-CDE). */
int32_t bourse__coinbase_in_contracts(const bourse_market *market, bourse_slice id);
/* Custom field: the same into a pair of strings, symbol and id. */
int32_t bourse__coinbase_read_market(bourse_decoder *decoder, void *member);

/* --- market.c --- */

/* Unified code of a currency; and what the exchange calls it. */
const char *bourse__coinbase_currency(const char *native);
const char *bourse__coinbase_native(const char *currency);
/* Custom field: a currency. */
int32_t bourse__coinbase_read_currency(bourse_decoder *decoder, void *member);

/* --- orders.c --- */
/* Where an order is named by its client id and the request wants its own. */
int32_t bourse__coinbase_wants_id(const bourse_call *call);

/* --- reports.c --- */
extern const bourse_name bourse__coinbase_sides[];
/* Status of an order, and whether it waits for a trigger. */
int32_t bourse__coinbase_status(bourse_slice word, int32_t canceling, int32_t waits);
int32_t bourse__coinbase_time_in_force(bourse_slice word);
/* A text that means nothing: "", and words for "not told". */
int32_t bourse__coinbase_is_blank(const char *text);
/* Stop loss, take profit or trigger price, by side and direction of the trigger. */
void bourse__coinbase_set_trigger(bourse_order *order, const bourse_decimal *price, int32_t direction);

/* --- wallet.c --- */
/* 1 when the wallet of the currency must be found first. */
int32_t bourse__coinbase_wants_wallet(const bourse_call *call);
/* 1 when the wallet holds money of a state. */
int32_t bourse__coinbase_is_fiat(const bourse_call *call);

/* --- errors.c --- */
int32_t bourse__coinbase_error(bourse_call *call, const bourse_http_reply *reply);
/* Our code for one of theirs. */
int32_t bourse__coinbase_error_code(bourse_slice code);

/* --- The functions named in the table of endpoints --- */
#define BUILD(name_) int32_t bourse__coinbase_build_##name_(bourse_call *call)
#define PARSE(name_) int32_t bourse__coinbase_parse_##name_(bourse_call *call, const bourse_http_reply *reply)

/* market.c */
BUILD(markets);
BUILD(product);
BUILD(futures);
PARSE(markets);
PARSE(tickers);
PARSE(fundings);
PARSE(interest);
PARSE(currencies);
PARSE(crypto);
/* data.c */
BUILD(ticker);
BUILD(trades);
BUILD(book);
BUILD(candles);
BUILD(bids_asks);
PARSE(time);
PARSE(ticker);
PARSE(trades);
PARSE(book);
PARSE(candles);
PARSE(bids_asks);
/* orders.c */
BUILD(order);
BUILD(edit);
BUILD(cancel);
BUILD(close_position);
PARSE(order);
PARSE(edit);
PARSE(cancel);
PARSE(tested);
/* reports.c */
BUILD(orders);
BUILD(open_orders);
BUILD(order_of_id);
BUILD(find_order);
BUILD(fills);
PARSE(orders);
PARSE(open_orders);
PARSE(order_of_id);
PARSE(found_order);
PARSE(order_to_edit);
PARSE(orders_to_cancel);
PARSE(fills);
/* account.c */
BUILD(accounts);
BUILD(portfolio);
BUILD(fees);
BUILD(position);
PARSE(balances);
PARSE(futures_balance);
PARSE(portfolio);
PARSE(accounts);
PARSE(portfolios);
PARSE(fees);
PARSE(positions);
PARSE(position);
PARSE(permissions);
/* wallet.c */
BUILD(wallet);
BUILD(transactions);
BUILD(new_address);
BUILD(withdraw);
BUILD(move_funds);
BUILD(sweep);
PARSE(wallet);
PARSE(addresses);
PARSE(address);
PARSE(transactions);
PARSE(fiat);
PARSE(ledger);
PARSE(withdraw);
PARSE(move_funds);
PARSE(sweep);

/* --- Streams (stream.h) --- */
extern const bourse_stream_adapter bourse__coinbase_stream;

#endif
