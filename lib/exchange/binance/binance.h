/* exchange/binance/binance.h - Binance: spot, margin, USD-M futures (linear) and COIN-M futures (inverse).
 *
 *   adapter.c    the tables: hosts, rate budgets, capabilities, endpoints
 *   rest.c       which endpoint serves an operation, signing, and what all requests and replies share
 *   market.c     markets and currencies
 *   data.c       public market data
 *   orders.c     placing, changing and canceling orders
 *   lists.c      orders that hang together (OCO and its kin)
 *   reports.c    what the exchange tells of orders and fills
 *   account.c    balances, positions, leverage and modes, fees, the account's book
 *   wallet.c     transfers, deposits, withdrawals, loans
 *   words.c      what the words of orders mean
 *   stream.c     connections, channels, subscriptions, and what kind of message one is
 *   stream_market.c  public messages
 *   stream_user.c    messages about the account
 *   stream_api.c     requests over the WebSocket API, and all answers
 *   errors.c     error codes
 *
 * Settings of a handle: "endpoint.OPERATION" = path of another endpoint of the table that serves the same
 * operation, e.g. endpoint.fetch_trades = /api/v3/trades for single instead of aggregated trades. */
#ifndef EXCHANGE_BINANCE_BINANCE_H
#define EXCHANGE_BINANCE_BINANCE_H

#include <bourse/sys/adapter.h>

extern const bourse_adapter bourse__binance_adapter;

/* Indexes into the adapter's hosts. */
enum {
  BINANCE_API,
  BINANCE_SAPI,
  BINANCE_FAPI,
  BINANCE_DAPI,
  BINANCE_WS,
  BINANCE_WS_API,
  BINANCE_FSTREAM,
  BINANCE_WS_FAPI,
  BINANCE_DSTREAM,
  BINANCE_HOSTS
};

/* Indexes into the adapter's limits. */
enum {
  BINANCE_SPOT_WEIGHT,
  BINANCE_SPOT_ORDERS_10S,
  BINANCE_SPOT_ORDERS_1D,
  BINANCE_FUTURES_WEIGHT,
  BINANCE_FUTURES_ORDERS_10S,
  BINANCE_FUTURES_ORDERS_1M,
  BINANCE_SAPI_ADDRESS,
  BINANCE_SAPI_ACCOUNT,
  BINANCE_FUNDING_CALLS,
  BINANCE_DATA_CALLS,
  BINANCE_LIMITS
};

/* What tells apart the endpoints that serve one operation on one product. */
enum {
  BINANCE_USUAL = 0,
  BINANCE_ALGO, /* conditional orders of futures */
  BINANCE_TEST,
  BINANCE_BATCH,
  BINANCE_AMEND,    /* keeps the priority */
  BINANCE_POSITION, /* the position that close_position closes */
  BINANCE_OTO,
  BINANCE_OTOCO,
  BINANCE_OPO,
  BINANCE_OPOCO,
  BINANCE_MARK,
  BINANCE_INDEX,
  BINANCE_PREMIUM,
  BINANCE_FUNDING, /* the funding wallet */
  BINANCE_ALL_WALLETS,
  BINANCE_ISOLATED,
  BINANCE_WITHOUT_SAPI,   /* where /sapi is not served: testnet and demo */
  BINANCE_ON_REQUEST,     /* only by the setting endpoint.OPERATION */
  BINANCE_TEST_ON_REQUEST /* trying that out */
};

/* Added to the variant of what goes over a socket. */
#define BINANCE_OVER_SOCKET 256u

#define BINANCE_ALTERNATIVES_MAX 8

/* State of a handle. */
typedef struct bourse__binance_state {
  int32_t environment;
  uint32_t alternative_count;
  const bourse_endpoint *alternatives[BINANCE_ALTERNATIVES_MAX];
} bourse__binance_state;

/* Ids of conditional orders on futures live in a number space of their own. */
#define BINANCE_ALGO_PREFIX "algo:"

#define BINANCE_MILLISECOND INT64_C(1000000)
#define BINANCE_SECOND      INT64_C(1000000000)
#define BINANCE_HOUR        (3600 * BINANCE_SECOND)
#define BINANCE_DAY         (24 * BINANCE_HOUR)

/* --- rest.c --- */
int32_t bourse__binance_sign(bourse_call *call);
/* Signs the payload and appends the signature: HMAC in hex, RSA and Ed25519 in base64. */
int32_t bourse__binance_put_signature(bourse_signer *signer, const bourse_text *payload, bourse_text *out);
/* Lengths of candles; futures have all but the first. */
extern const bourse_interval bourse__binance_intervals[];
#define BINANCE_INTERVALS(product_)                                        \
  bourse__binance_intervals + ((product_) == BOURSE_PRODUCT_SPOT ? 0 : 1), \
      BINANCE_INTERVAL_COUNT - ((product_) == BOURSE_PRODUCT_SPOT ? 0u : 1u)
#define BINANCE_INTERVAL_COUNT 16u
const bourse_endpoint *bourse__binance_route(bourse_call *call);
/* symbol, and isIsolated on margin. */
int32_t bourse__binance_put_symbol(bourse_call *call);
/* symbols=["A","B"]. */
void bourse__binance_put_symbols(bourse_call *call);

/* --- Reading (rest.c) --- */

/* Reads {"rows": [...], "total": n} and sets the cursor to the next of the numbered pages of `size` rows. */
int32_t bourse__binance_pages(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row);
/* `current` and `size` of a numbered page. */
int32_t bourse__binance_put_page(bourse_call *call);

#define BINANCE_MARKET(type_, member_) \
  BOURSE_FIELD_FULL("symbol", CUSTOM, type_, member_, BOURSE_FIELD_REQUIRED, NULL, bourse_decode_market)

/* Unified name of a network, and the exchange's own. */
const char *bourse__binance_network_name(const char *id);
const char *bourse__binance_network_id(const char *name);

/* Native words, for several files. */
extern const bourse_name bourse__binance_sides[];
extern const bourse_name bourse__binance_position_sides[];
extern const bourse_name bourse__binance_margin_types[];
extern const bourse_name bourse__binance_transfer_status[];

/* --- words.c --- What replies and streams tell of an order in the same words, whatever the fields are called. */
/* Side, mode and size of a position; amount is signed, in contracts on COIN-M. */
void bourse__binance_finish_position(int32_t inverse, bourse_position *position, int32_t side,
                                     const bourse_decimal *amount);
extern const bourse_name bourse__binance_statuses[];
extern const bourse_name bourse__binance_self_trades[];
extern const bourse_name bourse__binance_working_types[];
/* Type, trigger and time in force. */
void bourse__binance_finish_type(int32_t futures, bourse_order *order, bourse_slice original_type,
                                 bourse_slice time_in_force, const bourse_decimal *trigger_price);
/* Status out of native_status, and the reason. */
void bourse__binance_finish_status(bourse_order *order, const bourse_name *names);
/* Trailing on spot (in hundredths of a percent), and whether an open order still waits for its trigger. */
void bourse__binance_finish_waiting(bourse_order *order, const bourse_decimal *trailing_delta,
                                    const bourse_decimal *stop_price, int32_t asleep);
/* On COIN-M quantities are contracts, and what was traded is told in base units, if at all. market may be NULL. */
void bourse__binance_finish_amounts(int32_t product, const bourse_market *market, bourse_order *order,
                                    const bourse_decimal *base_filled);
/* All of it for a conditional order of futures. */
void bourse__binance_finish_algo(int32_t product, bourse_order *order, bourse_slice time_in_force,
                                 const bourse_decimal *trigger_price, const bourse_decimal *actual_amount);

/* --- errors.c --- */
int32_t bourse__binance_error(bourse_call *call, const bourse_http_reply *reply);
/* For errors that come with HTTP status 200. */
int32_t bourse__binance_refused(bourse_call *call, const bourse_http_reply *reply);
/* Our code for one of theirs. */
int32_t bourse__binance_error_code(int32_t futures, int64_t code, bourse_slice message);

/* --- orders.c and lists.c --- */

/* The order that this step is about, with its market and margin mode. */
typedef struct bourse__binance_subject {
  const bourse_order_request *order;
  const bourse_market *market;
  int32_t margin_mode;
} bourse__binance_subject;
bourse__binance_subject bourse__binance_subject_of(const bourse_call *call);

/* What spot and margin call an order. */
typedef struct bourse__binance_plan {
  const char *type;
  const char *time_in_force; /* NULL: not sent */
  const bourse_decimal *stop_price;
  bourse_decimal trailing_delta; /* in hundredths of a percent */
  int32_t takes_profit;          /* fills or fires on gain: LIMIT, LIMIT_MAKER, TAKE_PROFIT* */
} bourse__binance_plan;
/* Checks what an order on spot or margin may have, and plans it. */
int32_t bourse__binance_plan_spot(bourse_call *call, const bourse_order_request *order, int32_t margin_mode,
                                  bourse__binance_plan *plan);

/* The names that the parameters of an order have; NULL: not sent here. */
typedef struct bourse__binance_names {
  const char *type;
  const char *side;
  const char *time_in_force;
  const char *quantity;
  const char *price;
  const char *stop_price;
  const char *trailing_delta;
  const char *iceberg;
  const char *client_id;
} bourse__binance_names;
void bourse__binance_put_order(bourse_call *call, const bourse__binance_names *names, const bourse_order_request *order,
                               const bourse__binance_plan *plan);
/* symbol; and isIsolated, self-trade, borrowing and answer type, which go once with an order or a list of orders. */
int32_t bourse__binance_put_spot_frame(bourse_call *call, const bourse__binance_subject *subject);
const char *bourse__binance_side(int32_t side);
/* Variant of the endpoint that places this order. */
uint32_t bourse__binance_order_variant(const bourse_call *call, const bourse_order_request *order);
/* 1 when this id names a conditional order of futures: by its prefix, or because the caller says so. */
int32_t bourse__binance_names_algo(const bourse_call *call, const char *id);
/* 1 when an edit on spot asks for another amount only, which keeps the place in the queue. */
int32_t bourse__binance_only_amends(const bourse_order_request *order);
/* The variant that serves the next items of create_orders, edit_orders and cancel_orders, which begin at scratch[0] and
 * are scratch[1] many. */
uint32_t bourse__binance_plan_step(bourse_call *call, uint32_t *products);
/* 1 when the operation picks orders of one status out of all. */
int32_t bourse__binance_picks_orders(const bourse_call *call);

/* --- The functions named in the table of endpoints --- */
#define BUILD(name_) int32_t bourse__binance_build_##name_(bourse_call *call)
#define PARSE(name_) int32_t bourse__binance_parse_##name_(bourse_call *call, const bourse_http_reply *reply)

BUILD(symbol);
BUILD(range);
PARSE(receipt);
/* data.c */
BUILD(depth);
BUILD(trades);
BUILD(old_trades);
BUILD(candles);
BUILD(tickers);
BUILD(bids_asks);
BUILD(mark_prices);
BUILD(funding_rates);
BUILD(funding_rate_history);
BUILD(open_interest_history);
PARSE(time);
PARSE(status);
PARSE(ping);
PARSE(tickers);
PARSE(depth);
PARSE(trades);
PARSE(candles);
PARSE(index_candles);
PARSE(mark_prices);
PARSE(funding_rates);
PARSE(funding_intervals);
PARSE(open_interest);
PARSE(leverage_tiers);
/* market.c */
PARSE(markets);
PARSE(currencies);
/* orders.c */
BUILD(spot_order);
BUILD(futures_order);
BUILD(algo_order);
BUILD(batch_orders);
BUILD(edit_spot_order);
BUILD(amend_spot_order);
BUILD(edit_futures_order);
BUILD(batch_edits);
BUILD(order_id);
BUILD(batch_cancel);
BUILD(cancel_all);
BUILD(countdown);
BUILD(close_position);
PARSE(position_to_close);
/* lists.c */
BUILD(attached_orders);
BUILD(oco);
BUILD(margin_oco);
BUILD(oto);
BUILD(otoco);
BUILD(list_id);
BUILD(lists);
/* reports.c */
BUILD(open_orders);
BUILD(orders);
BUILD(fills);
BUILD(order_edits);
BUILD(liquidations);
BUILD(margin_liquidations);
PARSE(order);
PARSE(orders);
PARSE(algo_order);
PARSE(algo_orders);
PARSE(test_order);
PARSE(canceled_all);
PARSE(edited_spot_order);
PARSE(amended_spot_order);
PARSE(fills);
PARSE(order_edits);
PARSE(liquidations);
PARSE(margin_liquidations);
PARSE(countdown);
/* account.c */
BUILD(asset);
BUILD(isolated_symbols);
BUILD(quote_asset);
BUILD(position);
BUILD(leverage);
BUILD(margin_mode);
BUILD(position_mode);
BUILD(multi_assets);
BUILD(position_margin);
BUILD(fee);
BUILD(funding_history);
BUILD(ledger);
BUILD(margin_ledger);
PARSE(spot_balances);
PARSE(funding_balances);
PARSE(cross_balances);
PARSE(isolated_balances);
PARSE(futures_balances);
PARSE(wallets);
PARSE(positions);
PARSE(leverages);
PARSE(inverse_leverages);
PARSE(position_mode);
PARSE(fees);
PARSE(fee_tier);
PARSE(ledger);
PARSE(margin_ledger);
PARSE(permissions);
PARSE(account_permissions);
/* wallet.c */
BUILD(transfer);
BUILD(transfers);
BUILD(coin);
BUILD(deposits);
BUILD(withdrawals);
BUILD(withdraw);
BUILD(borrow);
BUILD(borrow_rate);
BUILD(isolated_rates);
BUILD(borrow_rate_history);
BUILD(borrow_interest);
BUILD(borrow_limit);
BUILD(loans);
PARSE(transfer);
PARSE(transfers);
PARSE(deposit_addresses);
PARSE(deposits);
PARSE(withdrawals);
PARSE(withdraw);
PARSE(borrow);
PARSE(borrow_rates);
PARSE(cross_rates);
PARSE(isolated_rates);
PARSE(borrow_interest);
PARSE(borrow_limit);
PARSE(loans);
/* stream_api.c */
BUILD(listen_token);
PARSE(stream_token);

#endif
