/* bourse/request.h - the operations, and the one struct that carries the arguments of any of them. */
#ifndef BOURSE_REQUEST_H
#define BOURSE_REQUEST_H

#include <bourse/account.h>
#include <bourse/base.h>
#include <bourse/decimal.h>
#include <bourse/order.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Names follow ccxt in snake_case; bourse_operation_name gives them as text. Numbers never change. */
enum {
  BOURSE_OP_FETCH_TIME = 1,
  BOURSE_OP_FETCH_STATUS = 2,
  BOURSE_OP_FETCH_MARKETS = 3,
  BOURSE_OP_FETCH_CURRENCIES = 4,
  BOURSE_OP_FETCH_TICKER = 5,
  BOURSE_OP_FETCH_TICKERS = 6,
  BOURSE_OP_FETCH_BIDS_ASKS = 7,
  BOURSE_OP_FETCH_LAST_PRICES = 8,
  BOURSE_OP_FETCH_ORDER_BOOK = 9,
  BOURSE_OP_FETCH_TRADES = 10,
  BOURSE_OP_FETCH_CANDLES = 11,
  BOURSE_OP_FETCH_MARK_PRICES = 12,
  BOURSE_OP_FETCH_FUNDING_RATE = 13,
  BOURSE_OP_FETCH_FUNDING_RATES = 14,
  BOURSE_OP_FETCH_FUNDING_RATE_HISTORY = 15,
  BOURSE_OP_FETCH_FUNDING_INTERVALS = 16,
  BOURSE_OP_FETCH_OPEN_INTEREST = 17,
  BOURSE_OP_FETCH_OPEN_INTEREST_HISTORY = 18,
  BOURSE_OP_FETCH_LEVERAGE_TIERS = 19,

  BOURSE_OP_FETCH_BALANCES = 40,
  BOURSE_OP_FETCH_BALANCE = 41,
  BOURSE_OP_FETCH_POSITIONS = 42,
  BOURSE_OP_FETCH_POSITION = 43,
  BOURSE_OP_FETCH_LEVERAGES = 44,
  BOURSE_OP_FETCH_LEVERAGE = 45,
  BOURSE_OP_SET_LEVERAGE = 46,
  BOURSE_OP_SET_MARGIN_MODE = 47,
  BOURSE_OP_FETCH_POSITION_MODE = 48,
  BOURSE_OP_SET_POSITION_MODE = 49,
  BOURSE_OP_SET_MULTI_ASSETS_MODE = 50,
  BOURSE_OP_ADD_MARGIN = 51,
  BOURSE_OP_REDUCE_MARGIN = 52,
  BOURSE_OP_FETCH_TRADING_FEE = 53,
  BOURSE_OP_FETCH_TRADING_FEES = 54,
  BOURSE_OP_FETCH_FUNDING_HISTORY = 55,
  BOURSE_OP_FETCH_LEDGER = 56,
  BOURSE_OP_FETCH_PERMISSIONS = 57,
  BOURSE_OP_FETCH_ACCOUNTS = 58,
  BOURSE_OP_FETCH_MARGIN_MODE = 59,

  BOURSE_OP_CREATE_ORDER = 80,
  BOURSE_OP_CREATE_ORDERS = 81,
  BOURSE_OP_CREATE_ORDER_LIST = 82,
  BOURSE_OP_EDIT_ORDER = 83,
  BOURSE_OP_EDIT_ORDERS = 84,
  BOURSE_OP_CANCEL_ORDER = 85,
  BOURSE_OP_CANCEL_ORDERS = 86,
  BOURSE_OP_CANCEL_ALL_ORDERS = 87,
  BOURSE_OP_CANCEL_ALL_ORDERS_AFTER = 88,
  BOURSE_OP_CANCEL_ORDER_LIST = 89,
  BOURSE_OP_CLOSE_POSITION = 90,
  BOURSE_OP_FETCH_ORDER = 91,
  BOURSE_OP_FETCH_ORDERS = 92,
  BOURSE_OP_FETCH_OPEN_ORDERS = 93,
  BOURSE_OP_FETCH_CLOSED_ORDERS = 94,
  BOURSE_OP_FETCH_CANCELED_ORDERS = 95,
  BOURSE_OP_FETCH_MY_TRADES = 96,
  BOURSE_OP_FETCH_ORDER_TRADES = 97,
  BOURSE_OP_FETCH_ORDER_LIST = 98,
  BOURSE_OP_FETCH_ORDER_LISTS = 99,
  BOURSE_OP_FETCH_OPEN_ORDER_LISTS = 100,
  BOURSE_OP_FETCH_ORDER_EDITS = 101,
  BOURSE_OP_FETCH_MY_LIQUIDATIONS = 102,
  BOURSE_OP_RESOLVE_ORDER = 103,
  BOURSE_OP_RESOLVE_ORDERS = 104,
  BOURSE_OP_WAIT_ORDER = 105,
  BOURSE_OP_RECONCILE_ORDERS = 106,
  BOURSE_OP_FETCH_JOURNAL = 107,
  BOURSE_OP_CANCEL_EVERY_ORDER = 108,

  BOURSE_OP_TRANSFER = 120,
  BOURSE_OP_FETCH_TRANSFERS = 121,
  BOURSE_OP_FETCH_DEPOSIT_ADDRESS = 122,
  BOURSE_OP_FETCH_DEPOSIT_ADDRESSES = 123,
  BOURSE_OP_CREATE_DEPOSIT_ADDRESS = 124,
  BOURSE_OP_FETCH_DEPOSITS = 125,
  BOURSE_OP_FETCH_WITHDRAWALS = 126,
  BOURSE_OP_WITHDRAW = 127,
  BOURSE_OP_BORROW_MARGIN = 128,
  BOURSE_OP_REPAY_MARGIN = 129,
  BOURSE_OP_FETCH_BORROW_RATE = 130,
  BOURSE_OP_FETCH_BORROW_RATES = 131,
  BOURSE_OP_FETCH_BORROW_RATE_HISTORY = 132,
  BOURSE_OP_FETCH_BORROW_INTEREST = 133,
  BOURSE_OP_FETCH_BORROW_LIMIT = 134,
  BOURSE_OP_FETCH_LOANS = 135,

  BOURSE_OP_FETCH_STREAM_TOKEN = 150,
  BOURSE_OP_EXTEND_STREAM_TOKEN = 151,
  BOURSE_OP_WATCH_TICKER = 160,
  BOURSE_OP_WATCH_TICKERS = 161,
  BOURSE_OP_WATCH_BIDS_ASKS = 162,
  BOURSE_OP_WATCH_ORDER_BOOK = 163,
  BOURSE_OP_WATCH_TRADES = 164,
  BOURSE_OP_WATCH_CANDLES = 165,
  BOURSE_OP_WATCH_MARK_PRICE = 166,
  BOURSE_OP_WATCH_LIQUIDATIONS = 167,
  BOURSE_OP_WATCH_ORDERS = 168,
  BOURSE_OP_WATCH_MY_TRADES = 169,
  BOURSE_OP_WATCH_BALANCES = 170,
  BOURSE_OP_WATCH_POSITIONS = 171,

  BOURSE_OP_CALL_RAW = 200
};

struct bourse_event;

/* A parameter in the exchange's own words. `json` > 0: value is JSON text put into a JSON body as it stands; otherwise
 * it is a string. */
typedef struct bourse_param {
  const char *name;
  const char *value;
  int32_t json;
  int32_t reserved;
} bourse_param;

/* The arguments of an operation. Zero means "not given". Which of them an operation takes, and which it must have, is in
 * bourse_operation_info; one that it does not take is BOURSE_ERROR_ARGUMENT naming it. Everything is borrowed for the
 * time of the call only: the library copies what it needs. */
typedef struct bourse_request {
  uint32_t struct_size;
  uint32_t api_version;
  int32_t operation;           /* BOURSE_OP_* */
  int32_t product;             /* BOURSE_PRODUCT_*; 0: that of the symbol, else the handle's default */
  int32_t margin_mode;         /* BOURSE_MARGIN_* */
  int32_t wallet;              /* BOURSE_WALLET_* */
  const char *symbol;
  const char *const *symbols;
  const char *currency;
  const char *order_id;
  const char *client_order_id;
  const char *const *order_ids;
  const char *const *client_order_ids;
  const bourse_order_request *const *orders; /* one for create_order and edit_order */
  const char *timeframe;       /* "1m", "1h", "1d", "1w", "1M" */
  const char *cursor;          /* of bourse_result_cursor, for the next page */
  const char *network;
  const char *address;
  const char *tag;
  const char *id;              /* of whatever the operation is about, where it is not an order */
  const char *account;         /* sub-account or portfolio */
  const bourse_param *params;  /* further parameters, added to the request, or replacing one of the same name */
  uint32_t symbol_count;
  uint32_t order_id_count;
  uint32_t client_order_id_count;
  uint32_t order_count;
  uint32_t param_count;
  uint32_t limit;              /* most items wanted; more than the exchange's page: paged by the library */
  int64_t since_ns;            /* from here on, inclusive */
  int64_t until_ns;            /* up to here, inclusive */
  int64_t timer_ms;            /* cancel_all_orders_after: countdown; negative switches it off */
  bourse_decimal amount;
  bourse_decimal leverage;
  int32_t price_kind;          /* BOURSE_PRICE_*: candles of the last, mark, index or premium price */
  int32_t trigger;             /* conditional orders: yes only them, no without them, unset both */
  int32_t hedged;
  int32_t multi_assets;
  int32_t from_wallet;         /* BOURSE_WALLET_* */
  int32_t to_wallet;
  int32_t position_side;
  int32_t list_kind;           /* BOURSE_LIST_* */
  const char *from_symbol;     /* isolated margin account to transfer from, to */
  const char *to_symbol;
  /* call_raw */
  const char *method;          /* "GET" */
  const char *path;            /* "/api/v3/account" */
  const char *host;            /* name of one of the exchange's hosts (see capabilities); NULL: the first */
  int32_t is_public;           /* yes: without signing */
  int32_t is_safe;             /* yes: may be repeated without harm, so the library may retry */
  /* How to run it */
  int64_t timeout_ms;          /* whole operation; 0: the handle's default */
  int32_t keep_raw;            /* yes: bourse_result_raw works */
  int32_t reserved;
  void (*on_complete)(void *user_data, struct bourse_event *event); /* see bourse_submit */
  void *user_data;
} bourse_request;

#ifdef __cplusplus
static inline bourse_request bourse_request_of(int32_t operation) {
  bourse_request request = bourse_request();
  request.struct_size = static_cast<uint32_t>(sizeof(bourse_request));
  request.api_version = BOURSE_API_VERSION;
  request.operation = operation;
  return request;
}
#define BOURSE_REQUEST_INIT(operation_) bourse_request_of(operation_)
#else
#define BOURSE_REQUEST_INIT(operation_) \
  { .struct_size = sizeof(bourse_request), .api_version = BOURSE_API_VERSION, .operation = (operation_) }
#endif

/* Zeroes the first `size` bytes of *request, stamps it and sets the operation. Errors: BOURSE_ERROR_ARGUMENT. Any
 * thread. */
BOURSE_API int32_t bourse_request_init(bourse_request *request, uint32_t size, int32_t operation);

/* "fetch_ticker" for BOURSE_OP_FETCH_TICKER, NULL for a number that is none; and back: returns 0 for a name that is none.
 * Static strings; any thread. */
BOURSE_API const char *bourse_operation_name(int32_t operation);
BOURSE_API int32_t bourse_operation_by_name(const char *name);

#ifdef __cplusplus
}
#endif
#endif
