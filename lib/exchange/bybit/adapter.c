/* exchange/bybit/adapter.c - the tables: hosts, rate budgets, capabilities, endpoints; and opening a handle. */
#include <stdio.h>
#include <string.h>

#include "exchange/bybit/stream.h"

#define COUNT(array_) ((uint32_t)(sizeof(array_) / sizeof((array_)[0])))

/* Demo trading has the public streams of the live exchange, and takes no orders over a socket. */
static const bourse_host hosts[BYBIT_HOSTS] = {
    [BYBIT_API] = {"api", "https://api.bybit.com", "https://api-testnet.bybit.com", "https://api-demo.bybit.com"},
    [BYBIT_WS] = {"ws", "wss://stream.bybit.com", "wss://stream-testnet.bybit.com", "wss://stream.bybit.com"},
    [BYBIT_WS_PRIVATE] = {"ws-private", "wss://stream.bybit.com", "wss://stream-testnet.bybit.com",
                          "wss://stream-demo.bybit.com"},
    [BYBIT_WS_TRADE] = {"ws-trade", "wss://stream.bybit.com", "wss://stream-testnet.bybit.com", NULL},
};

/* A key is one of the site that it was made at. Not all of these have streams of their own. */
#define REGION(name_, api_, stream_)                                     \
  static const bourse_host hosts_##name_[BYBIT_HOSTS] = {                \
      [BYBIT_API] = {"api", "https://" api_, NULL, NULL},                \
      [BYBIT_WS] = {"ws", "wss://" stream_, NULL, NULL},                 \
      [BYBIT_WS_PRIVATE] = {"ws-private", "wss://" stream_, NULL, NULL}, \
      [BYBIT_WS_TRADE] = {"ws-trade", "wss://" stream_, NULL, NULL},     \
  }
REGION(nl, "api.bybit.nl", "stream.bybit.com");
REGION(tr, "api.bybit.tr", "stream.bybit.tr");
REGION(kz, "api.bybit.kz", "stream.bybit.kz");
REGION(ge, "api.bybitgeorgia.ge", "stream.bybitgeorgia.ge");
REGION(ae, "api.bybit.ae", "stream.bybit.com");
REGION(eu, "api.bybit.eu", "stream.bybit.eu");
REGION(id, "api.bybit.id", "stream.bybit.id");
REGION(jp, "api.manepa.jp", "stream.manepa.jp");
REGION(hk, "api.spark-fintech.com", "stream.bybit.com");

static const bourse_region regions[] = {{"global", hosts}, {"nl", hosts_nl}, {"tr", hosts_tr}, {"kz", hosts_kz},
                                        {"ge", hosts_ge},  {"ae", hosts_ae}, {"eu", hosts_eu}, {"id", hosts_id},
                                        {"jp", hosts_jp},  {"hk", hosts_hk}};

#define ROLLING BOURSE_LIMIT_ROLLING
#define ADDRESS BOURSE_LIMIT_PER_ADDRESS
#define ACCOUNT BOURSE_LIMIT_PER_ACCOUNT

/* Every endpoint has a budget of its own, by product; linear and inverse contracts are taken together here, which is the
 * careful reading. Headers tell what is left of the last one asked, not what is used. */
static const bourse_limit limits[BYBIT_LIMITS] = {
    [BYBIT_ADDRESS] = {"address", 600, 5 * BYBIT_SECOND, ADDRESS, ROLLING, 10, NULL},
    [BYBIT_SPOT_CREATE] = {"spot create", 20, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_SPOT_AMEND] = {"spot amend", 10, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_SPOT_CANCEL] = {"spot cancel", 20, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_SPOT_BATCH] = {"spot batches", 20, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_FUTURES_CREATE] = {"contracts create", 10, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_FUTURES_AMEND] = {"contracts amend", 10, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_FUTURES_CANCEL] = {"contracts cancel", 10, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_FUTURES_BATCH] = {"contracts batches", 10, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_CANCEL_ALL] = {"cancel all", 10, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_ORDERS] = {"orders", 50, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_FILLS] = {"fills", 50, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_POSITIONS] = {"positions", 50, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_SETTINGS] = {"settings", 5, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_ACCOUNT] = {"account", 50, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_LEDGER] = {"ledger", 25, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_ASSETS] = {"assets", 5, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_TRANSFERS] = {"transfers", 60, BYBIT_MINUTE, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_RECORDS] = {"records", 100, BYBIT_MINUTE, ACCOUNT, ROLLING, 0, NULL},
    [BYBIT_LOANS] = {"loans", 1, BYBIT_SECOND, ACCOUNT, ROLLING, 0, NULL},
};

/* clang-format off: rows stay rows */
#define SPOT     BOURSE_FOR_SPOT
#define CROSS    BOURSE_FOR_CROSS
#define LINEAR   BOURSE_FOR_LINEAR
#define INVERSE  BOURSE_FOR_INVERSE
#define FUTURES  BOURSE_FOR_FUTURES
#define OPTION   BOURSE_FOR_OPTION
#define TRADED   (SPOT | CROSS | FUTURES) /* one account for all */
#define MARGINED (SPOT | CROSS)
#define LISTED   (SPOT | FUTURES | OPTION) /* what is public knows no margin */

#define NATIVE(operation_, products_) \
  { BOURSE_OP_##operation_, (products_), 0 }
#define EMULATED(operation_, products_) \
  { BOURSE_OP_##operation_, 0, (products_) }

/* Emulated: made of several requests, or picked out of a longer reply. */
static const bourse_capability capabilities[] = {
    NATIVE(FETCH_TIME, LISTED),
    NATIVE(FETCH_STATUS, LISTED),
    NATIVE(FETCH_MARKETS, LISTED),
    NATIVE(FETCH_CURRENCIES, TRADED),
    NATIVE(FETCH_TICKER, LISTED),
    NATIVE(FETCH_TICKERS, LISTED),
    EMULATED(FETCH_BIDS_ASKS, LISTED),
    EMULATED(FETCH_LAST_PRICES, LISTED),
    NATIVE(FETCH_ORDER_BOOK, LISTED),
    NATIVE(FETCH_TRADES, LISTED),
    NATIVE(FETCH_CANDLES, SPOT | FUTURES),
    EMULATED(FETCH_MARK_PRICES, FUTURES | OPTION),
    EMULATED(FETCH_FUNDING_RATE, FUTURES),
    EMULATED(FETCH_FUNDING_RATES, FUTURES),
    NATIVE(FETCH_FUNDING_RATE_HISTORY, FUTURES),
    EMULATED(FETCH_FUNDING_INTERVALS, FUTURES),
    EMULATED(FETCH_OPEN_INTEREST, FUTURES),
    NATIVE(FETCH_OPEN_INTEREST_HISTORY, FUTURES),
    NATIVE(FETCH_LEVERAGE_TIERS, FUTURES),
    NATIVE(FETCH_BALANCES, TRADED),
    NATIVE(FETCH_BALANCE, TRADED),
    NATIVE(FETCH_POSITIONS, FUTURES),
    NATIVE(FETCH_POSITION, FUTURES),
    EMULATED(FETCH_LEVERAGE, FUTURES),
    NATIVE(FETCH_MARGIN_MODE, FUTURES),
    NATIVE(SET_LEVERAGE, FUTURES),
    NATIVE(SET_MARGIN_MODE, FUTURES),
    EMULATED(FETCH_POSITION_MODE, FUTURES),
    NATIVE(SET_POSITION_MODE, LINEAR),
    NATIVE(ADD_MARGIN, FUTURES),
    NATIVE(REDUCE_MARGIN, FUTURES),
    NATIVE(FETCH_TRADING_FEE, TRADED),
    NATIVE(FETCH_TRADING_FEES, TRADED),
    NATIVE(FETCH_FUNDING_HISTORY, FUTURES),
    NATIVE(FETCH_LEDGER, TRADED),
    NATIVE(FETCH_PERMISSIONS, TRADED),
    NATIVE(CREATE_ORDER, TRADED),
    NATIVE(CREATE_ORDERS, TRADED),
    NATIVE(EDIT_ORDER, TRADED),
    NATIVE(EDIT_ORDERS, TRADED),
    NATIVE(CANCEL_ORDER, TRADED),
    NATIVE(CANCEL_ORDERS, TRADED),
    NATIVE(CANCEL_ALL_ORDERS, TRADED),
    EMULATED(CLOSE_POSITION, FUTURES),
    NATIVE(FETCH_ORDER, TRADED),
    EMULATED(FETCH_ORDERS, TRADED),
    NATIVE(FETCH_OPEN_ORDERS, TRADED),
    NATIVE(FETCH_CLOSED_ORDERS, TRADED),
    EMULATED(FETCH_CANCELED_ORDERS, TRADED),
    NATIVE(FETCH_MY_TRADES, TRADED),
    NATIVE(FETCH_ORDER_TRADES, TRADED),
    NATIVE(FETCH_MY_LIQUIDATIONS, FUTURES),
    NATIVE(TRANSFER, TRADED),
    NATIVE(FETCH_TRANSFERS, TRADED),
    NATIVE(FETCH_DEPOSIT_ADDRESS, TRADED),
    NATIVE(FETCH_DEPOSIT_ADDRESSES, TRADED),
    NATIVE(FETCH_DEPOSITS, TRADED),
    NATIVE(FETCH_WITHDRAWALS, TRADED),
    NATIVE(WITHDRAW, TRADED),
    NATIVE(BORROW_MARGIN, MARGINED),
    NATIVE(REPAY_MARGIN, MARGINED),
    NATIVE(FETCH_BORROW_RATE, MARGINED),
    NATIVE(FETCH_BORROW_RATES, MARGINED),
    NATIVE(FETCH_BORROW_RATE_HISTORY, MARGINED),
    NATIVE(FETCH_BORROW_INTEREST, MARGINED),
    NATIVE(FETCH_BORROW_LIMIT, MARGINED),
    NATIVE(WATCH_TICKER, LISTED),
    NATIVE(WATCH_TICKERS, LISTED),
    NATIVE(WATCH_BIDS_ASKS, LISTED),
    NATIVE(WATCH_ORDER_BOOK, LISTED),
    NATIVE(WATCH_TRADES, SPOT | FUTURES),
    NATIVE(WATCH_CANDLES, SPOT | FUTURES),
    NATIVE(WATCH_MARK_PRICE, FUTURES | OPTION),
    NATIVE(WATCH_LIQUIDATIONS, FUTURES),
    NATIVE(WATCH_ORDERS, TRADED),
    NATIVE(WATCH_MY_TRADES, TRADED),
    NATIVE(WATCH_BALANCES, TRADED),
    NATIVE(WATCH_POSITIONS, FUTURES),
};

/* --- Endpoints ---
 *
 * A row: operation, where it holds, method, path, costs, build, parse, and what else it has. */

#define B(name_) bourse__bybit_build_##name_
#define P(name_) bourse__bybit_parse_##name_
#define NONE     NULL

#define PUBLIC(operation_, products_, path_, build_, ...)                                              \
  {                                                                                                    \
    .operation = BOURSE_OP_##operation_, .products = (products_), .security = BOURSE_SECURITY_PUBLIC,  \
    .host = BYBIT_API, .method = "GET", .path = path_, .costs = {{BYBIT_ADDRESS, 1}}, .build = build_, \
    .parse = __VA_ARGS__                                                                               \
  }

/* Costs: of the address, and of the account's budget for this. */
#define SIGNED(operation_, products_, method_, path_, budget_, build_, ...)                                    \
  {                                                                                                            \
    .operation = BOURSE_OP_##operation_, .products = (products_), .security = BOURSE_SECURITY_SIGNED,          \
    .host = BYBIT_API, .method = #method_, .path = path_, .costs = {{BYBIT_ADDRESS, 1}, {BYBIT_##budget_, 1}}, \
    .build = build_, .parse = __VA_ARGS__                                                                      \
  }

/* Spot and contracts have budgets of their own. */
#define ORDERS(operation_, path_, budget_, build_, ...)                           \
  SIGNED(operation_, MARGINED, POST, path_, SPOT_##budget_, build_, __VA_ARGS__), \
      SIGNED(operation_, FUTURES, POST, path_, FUTURES_##budget_, build_, __VA_ARGS__)

/* The same as messages over a socket, from the budgets of the account alone; the method is their word. */
#define MESSAGE(operation_, products_, word_, budget_, build_, ...)                                                \
  {                                                                                                                \
    .operation = BOURSE_OP_##operation_, .products = (products_), .security = BOURSE_SECURITY_SIGNED,              \
    .host = BYBIT_SOCKET_ORDERS, .method = word_, .path = "", .costs = {{BYBIT_ADDRESS, 0}, {BYBIT_##budget_, 1}}, \
    .build = build_, .parse = __VA_ARGS__                                                                          \
  }
#define MESSAGES(operation_, word_, budget_, build_, ...)                    \
  MESSAGE(operation_, MARGINED, word_, SPOT_##budget_, build_, __VA_ARGS__), \
      MESSAGE(operation_, FUTURES, word_, FUTURES_##budget_, build_, __VA_ARGS__)

#define ACTS           .flags = BOURSE_ENDPOINT_ACTS
#define SETS           .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE
#define CANCELS        .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE | BOURSE_ENDPOINT_URGENT
#define URGENT         .flags = BOURSE_ENDPOINT_URGENT
#define VARIANT(name_) .variant = BYBIT_##name_
#define AS(name_)      .variant = BYBIT_##name_ | BYBIT_OVER_SOCKET
#define SOCKET         BOURSE_ENDPOINT_SOCKET
#define PAGE(n_)       .page_max = (n_)
#define SPAN(ns_)      .span_max_ns = (ns_)
#define WEEK           (7 * BYBIT_DAY)

static const bourse_endpoint endpoints[] = {
    /* Orders first: these are looked up in a hurry. */
    ORDERS(CREATE_ORDER, "/v5/order/create", CREATE, B(order), P(order), ACTS),
    SIGNED(CREATE_ORDER, TRADED, POST, "/v5/position/trading-stop", SETTINGS, B(trailing), P(trailing), ACTS,
           VARIANT(TRAILING)),
    ORDERS(CANCEL_ORDER, "/v5/order/cancel", CANCEL, B(cancel), P(order), CANCELS),
    ORDERS(EDIT_ORDER, "/v5/order/amend", AMEND, B(edit), P(order), ACTS),
    ORDERS(CREATE_ORDERS, "/v5/order/create-batch", BATCH, B(batch_orders), P(batch_orders), ACTS, VARIANT(BATCH)),
    ORDERS(EDIT_ORDERS, "/v5/order/amend-batch", BATCH, B(batch_edits), P(batch_orders), ACTS, VARIANT(BATCH)),
    ORDERS(CANCEL_ORDERS, "/v5/order/cancel-batch", BATCH, B(batch_cancel), P(batch_orders), CANCELS, VARIANT(BATCH)),
    SIGNED(CANCEL_ALL_ORDERS, TRADED, POST, "/v5/order/cancel-all", CANCEL_ALL, B(cancel_all), P(cancel_all), CANCELS),
    SIGNED(CANCEL_ALL_ORDERS, INVERSE, GET, "/v5/order/realtime", ORDERS, B(open_orders), P(busy_markets), URGENT,
           VARIANT(FIRST)),
    SIGNED(CLOSE_POSITION, FUTURES, GET, "/v5/position/list", POSITIONS, B(symbol), P(position_to_close), URGENT,
           VARIANT(FIRST)),
    SIGNED(CLOSE_POSITION, FUTURES, POST, "/v5/order/create", FUTURES_CREATE, B(close_position), P(order),
           .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_URGENT),

    MESSAGES(CREATE_ORDER, "order.create", CREATE, B(order), P(order), ACTS | SOCKET, AS(USUAL)),
    MESSAGES(CANCEL_ORDER, "order.cancel", CANCEL, B(cancel), P(order), CANCELS | SOCKET, AS(USUAL)),
    MESSAGES(EDIT_ORDER, "order.amend", AMEND, B(edit), P(order), ACTS | SOCKET, AS(USUAL)),
    MESSAGES(CREATE_ORDERS, "order.create-batch", BATCH, B(batch_orders), P(batch_orders), ACTS | SOCKET, AS(BATCH)),
    MESSAGES(EDIT_ORDERS, "order.amend-batch", BATCH, B(batch_edits), P(batch_orders), ACTS | SOCKET, AS(BATCH)),
    MESSAGES(CANCEL_ORDERS, "order.cancel-batch", BATCH, B(batch_cancel), P(batch_orders), CANCELS | SOCKET, AS(BATCH)),

    /* Own orders and fills */
    SIGNED(FETCH_ORDER, TRADED, GET, "/v5/order/realtime", ORDERS, B(open_orders), P(open_orders)),
    SIGNED(FETCH_ORDER, TRADED, GET, "/v5/order/history", ORDERS, B(order_history), P(order_history), VARIANT(HISTORY)),
    SIGNED(FETCH_OPEN_ORDERS, TRADED, GET, "/v5/order/realtime", ORDERS, B(open_orders), P(open_orders)),
    SIGNED(FETCH_ORDERS, TRADED, GET, "/v5/order/history", ORDERS, B(order_history), P(order_history), PAGE(50),
           SPAN(WEEK)),
    SIGNED(FETCH_MY_TRADES, TRADED, GET, "/v5/execution/list", FILLS, B(fills), P(fills), PAGE(100), SPAN(WEEK)),
    SIGNED(FETCH_FUNDING_HISTORY, FUTURES, GET, "/v5/execution/list", FILLS, B(funding_paid), P(funding_paid),
           PAGE(100), SPAN(WEEK)),
    SIGNED(FETCH_MY_LIQUIDATIONS, FUTURES, GET, "/v5/execution/list", FILLS, B(liquidations), P(liquidations),
           PAGE(100), SPAN(WEEK)),

    /* Public data */
    PUBLIC(FETCH_TIME, LISTED, "/v5/market/time", NONE, P(time)),
    PUBLIC(FETCH_STATUS, LISTED, "/v5/system/status", NONE, P(status)),
    PUBLIC(FETCH_MARKETS, BOURSE_FOR_ALL, "/v5/market/instruments-info", B(markets), P(markets)),
    PUBLIC(FETCH_TICKERS, LISTED, "/v5/market/tickers", B(tickers), P(tickers)),
    PUBLIC(FETCH_FUNDING_RATES, FUTURES, "/v5/market/tickers", B(tickers), P(funding_rates)),
    PUBLIC(FETCH_FUNDING_INTERVALS, FUTURES, "/v5/market/instruments-info", B(funding_intervals), P(funding_intervals)),
    PUBLIC(FETCH_ORDER_BOOK, LISTED, "/v5/market/orderbook", B(depth), P(depth)),
    PUBLIC(FETCH_TRADES, LISTED, "/v5/market/recent-trade", B(trades), P(trades)),
    PUBLIC(FETCH_CANDLES, SPOT | FUTURES, "/v5/market/kline", B(candles), P(candles), PAGE(1000)),
    PUBLIC(FETCH_CANDLES, FUTURES, "/v5/market/mark-price-kline", B(candles), P(candles), VARIANT(MARK), PAGE(1000)),
    PUBLIC(FETCH_CANDLES, FUTURES, "/v5/market/index-price-kline", B(candles), P(candles), VARIANT(INDEX), PAGE(1000)),
    PUBLIC(FETCH_CANDLES, LINEAR, "/v5/market/premium-index-price-kline", B(candles), P(candles), VARIANT(PREMIUM),
           PAGE(1000)),
    PUBLIC(FETCH_FUNDING_RATE_HISTORY, FUTURES, "/v5/market/funding/history", B(funding_history), P(funding_history),
           PAGE(BYBIT_FUNDING_ROWS), SPAN(BYBIT_FUNDING_ROWS *BYBIT_HOUR)),
    PUBLIC(FETCH_OPEN_INTEREST, FUTURES, "/v5/market/open-interest", B(open_interest), P(open_interest)),
    PUBLIC(FETCH_OPEN_INTEREST_HISTORY, FUTURES, "/v5/market/open-interest", B(open_interest_history), P(open_interest),
           PAGE(200)),
    PUBLIC(FETCH_LEVERAGE_TIERS, FUTURES, "/v5/market/risk-limit", B(leverage_tiers), P(leverage_tiers)),

    /* Account */
    SIGNED(FETCH_BALANCES, TRADED, GET, "/v5/account/wallet-balance", ACCOUNT, B(balances), P(balances)),
    SIGNED(FETCH_BALANCES, TRADED, GET, "/v5/asset/transfer/query-account-coins-balance", ASSETS, B(funding_balances),
           P(funding_balances), VARIANT(FUNDING)),
    SIGNED(FETCH_POSITIONS, FUTURES, GET, "/v5/position/list", POSITIONS, B(positions), P(positions)),
    SIGNED(FETCH_LEVERAGE, FUTURES, GET, "/v5/position/list", POSITIONS, B(symbol), P(leverage)),
    SIGNED(FETCH_POSITION_MODE, FUTURES, GET, "/v5/position/list", POSITIONS, B(symbol), P(leverage)),
    SIGNED(FETCH_MARGIN_MODE, FUTURES, GET, "/v5/account/info", ACCOUNT, NONE, P(margin_mode)),
    SIGNED(SET_LEVERAGE, FUTURES, POST, "/v5/position/set-leverage", SETTINGS, B(leverage), P(receipt), SETS),
    SIGNED(SET_MARGIN_MODE, FUTURES, POST, "/v5/account/set-margin-mode", SETTINGS, B(margin_mode), P(receipt), SETS),
    SIGNED(SET_POSITION_MODE, LINEAR, POST, "/v5/position/switch-mode", SETTINGS, B(position_mode), P(receipt), SETS),
    SIGNED(ADD_MARGIN, FUTURES, POST, "/v5/position/add-margin", SETTINGS, B(position_margin), P(receipt), ACTS),
    SIGNED(FETCH_TRADING_FEES, TRADED, GET, "/v5/account/fee-rate", ASSETS, B(fees), P(fees)),
    SIGNED(FETCH_LEDGER, TRADED, GET, "/v5/account/transaction-log", LEDGER, B(ledger), P(ledger), PAGE(50),
           SPAN(WEEK)),
    SIGNED(FETCH_PERMISSIONS, TRADED, GET, "/v5/user/query-api", SETTINGS, NONE, P(permissions)),

    /* Assets */
    SIGNED(FETCH_CURRENCIES, TRADED, GET, "/v5/asset/coin/query-info", ASSETS, B(currencies), P(currencies)),
    SIGNED(TRANSFER, TRADED, POST, "/v5/asset/transfer/inter-transfer", TRANSFERS, B(transfer), P(transfer), ACTS),
    SIGNED(FETCH_TRANSFERS, TRADED, GET, "/v5/asset/transfer/query-inter-transfer-list", TRANSFERS, B(transfers),
           P(transfers), PAGE(50), SPAN(WEEK)),
    SIGNED(FETCH_DEPOSIT_ADDRESS, TRADED, GET, "/v5/asset/deposit/query-address", ASSETS, B(address), P(addresses)),
    SIGNED(FETCH_DEPOSITS, TRADED, GET, "/v5/asset/deposit/query-record", RECORDS, B(deposits), P(deposits), PAGE(50),
           SPAN(30 * BYBIT_DAY)),
    SIGNED(FETCH_WITHDRAWALS, TRADED, GET, "/v5/asset/withdraw/query-record", RECORDS, B(withdrawals), P(withdrawals),
           PAGE(50), SPAN(30 * BYBIT_DAY)),
    SIGNED(WITHDRAW, TRADED, POST, "/v5/asset/withdraw/create", ASSETS, B(withdraw), P(withdraw), ACTS),
    SIGNED(BORROW_MARGIN, MARGINED, POST, "/v5/account/borrow", LOANS, B(loan), P(loan), ACTS),
    SIGNED(REPAY_MARGIN, MARGINED, POST, "/v5/account/no-convert-repay", LOANS, B(loan), P(loan), ACTS),
    SIGNED(FETCH_BORROW_RATE, MARGINED, GET, "/v5/account/collateral-info", ACCOUNT, B(borrow_rate), P(borrow_rates)),
    SIGNED(FETCH_BORROW_RATE_HISTORY, MARGINED, GET, "/v5/spot-margin-trade/interest-rate-history", ACCOUNT,
           B(rate_history), P(borrow_rates), PAGE(BYBIT_RATE_ROWS), SPAN(BYBIT_RATE_ROWS *BYBIT_HOUR)),
    SIGNED(FETCH_BORROW_INTEREST, MARGINED, GET, "/v5/account/borrow-history", ACCOUNT, B(borrow_interest),
           P(borrow_interest), PAGE(50), SPAN(30 * BYBIT_DAY)),
    SIGNED(FETCH_BORROW_LIMIT, MARGINED, GET, "/v5/spot-margin-trade/max-borrowable", ACCOUNT, B(borrow_limit),
           P(borrow_limit)),
};

/* clang-format on */

/* "BTC,ETH"; 0 when it is no such list. */
static int32_t read_coins(bourse__bybit_state *state, const char *text) {
  state->coin_count = 0;
  while (*text != '\0') {
    size_t length = strcspn(text, ",");
    if (length == 0 || length >= sizeof state->coins[0] || state->coin_count == BYBIT_COINS_MAX) return 0;
    char *coin = state->coins[state->coin_count++];
    memcpy(coin, text, length);
    coin[length] = '\0';
    text += length + (text[length] == ',');
  }
  return state->coin_count > 0;
}

/* The library knows the region, as it goes by hosts. */
static int32_t read_setting(void *handle, const bourse_param *setting) {
  if (strcmp(setting->name, "region") == 0) return 1;
  return strcmp(setting->name, "option_coins") == 0 && read_coins(handle, setting->value);
}

static int32_t open_handle(bourse_open_call *call) {
  bourse__bybit_state *state = call->state;
  const bourse_options *options = call->options;
  state->environment = options->environment;
  if (state->environment == 0 && options->credentials != NULL) state->environment = options->credentials->environment;
  read_coins(state, "BTC,ETH,SOL,XRP,MNT,DOGE");
  int32_t code = bourse_read_settings(call, read_setting,
                                      "is region = global, nl, tr, kz, ge, ae, eu, id, jp or hk, or option_coins = "
                                      "BTC,ETH,...: up to 16 underlyings whose options are listed");
  return code == BOURSE_OK
             ? bourse_need_key(call, 1u << BOURSE_KEY_HMAC | 1u << BOURSE_KEY_RSA, "HMAC secrets and RSA keys")
             : code;
}

/* A request is refused once its receive window is over, which bounds how long it can be on its way; lists show a new order a
 * little later. */
const bourse_adapter bourse__bybit_adapter = {
    .struct_size = sizeof(bourse_adapter),
    .api_version = BOURSE_API_VERSION,
    .name = "bybit",
    .title = "Bybit",
    .hosts = hosts,
    .host_count = BYBIT_HOSTS,
    .regions = regions,
    .region_count = COUNT(regions),
    .capabilities = capabilities,
    .capability_count = COUNT(capabilities),
    .endpoints = endpoints,
    .endpoint_count = COUNT(endpoints),
    .limits = limits,
    .limit_count = BYBIT_LIMITS,
    .products = SPOT | CROSS | FUTURES | OPTION,
    .state_size = sizeof(bourse__bybit_state),
    .secret_encoding = BOURSE_SECRET_TEXT,
    .client_id_format = BOURSE_CLIENT_ID_TEXT,
    .client_id_max = 36,
    .client_id_extra = "-_",
    .open = open_handle,
    .route = bourse__bybit_route,
    .sign = bourse__bybit_sign,
    .error = bourse__bybit_error,
    .stream = &bourse__bybit_stream,
};
