/* exchange/coinbase/adapter.c - the tables: hosts, rate budgets, capabilities, endpoints; and opening a handle. */
#include <stdio.h>
#include <string.h>

#include "exchange/coinbase/coinbase.h"

#define COUNT(array_) ((uint32_t)(sizeof(array_) / sizeof((array_)[0])))

/* The sandbox answers from a can and lists no markets, so it is none of ours; `test` of an order has the exchange check it and
 * not place it. */
static const bourse_host hosts[COINBASE_HOSTS] = {
    [COINBASE_REST] = {.name = "rest", .live = "https://api.coinbase.com"},
    [COINBASE_WS] = {.name = "ws", .live = "wss://advanced-trade-ws.coinbase.com"},
    [COINBASE_WS_USER] = {.name = "ws-user", .live = "wss://advanced-trade-ws-user.coinbase.com"},
    [COINBASE_FEED] = {.name = "ws-feed", .live = "wss://ws-feed.exchange.coinbase.com"},
};

static const bourse_limit limits[COINBASE_LIMITS] = {
    [COINBASE_PUBLIC] = {"public", 10, COINBASE_SECOND, BOURSE_LIMIT_PER_ADDRESS, BOURSE_LIMIT_LEAKY, 0, NULL},
    [COINBASE_PRIVATE] = {"private", 30, COINBASE_SECOND, BOURSE_LIMIT_PER_ACCOUNT, BOURSE_LIMIT_LEAKY, 20, NULL},
    [COINBASE_APP] = {"app", 10000, COINBASE_HOUR, BOURSE_LIMIT_PER_ACCOUNT, BOURSE_LIMIT_LEAKY, 0, NULL},
};

/* clang-format off: rows stay rows */
#define SPOT   BOURSE_FOR_SPOT
#define LINEAR BOURSE_FOR_LINEAR
#define BOTH   (BOURSE_FOR_SPOT | BOURSE_FOR_LINEAR)

#define NATIVE(operation_, products_) \
  { BOURSE_OP_##operation_, (products_), 0 }
#define EMULATED(operation_, products_) \
  { BOURSE_OP_##operation_, 0, (products_) }
#define MIXED(operation_, native_, emulated_) \
  { BOURSE_OP_##operation_, (native_), (emulated_) }

/* Emulated: made of several requests, or picked out of a longer reply. */
static const bourse_capability capabilities[] = {
    NATIVE(FETCH_TIME, BOTH),
    NATIVE(FETCH_MARKETS, BOTH),
    NATIVE(FETCH_CURRENCIES, SPOT),
    NATIVE(FETCH_TICKER, BOTH),
    NATIVE(FETCH_TICKERS, BOTH),
    NATIVE(FETCH_BIDS_ASKS, BOTH),
    EMULATED(FETCH_LAST_PRICES, BOTH),
    NATIVE(FETCH_ORDER_BOOK, BOTH),
    NATIVE(FETCH_TRADES, BOTH),
    NATIVE(FETCH_CANDLES, BOTH),
    EMULATED(FETCH_FUNDING_RATE, LINEAR),
    EMULATED(FETCH_FUNDING_RATES, LINEAR),
    EMULATED(FETCH_OPEN_INTEREST, LINEAR),
    NATIVE(FETCH_BALANCES, BOTH),
    EMULATED(FETCH_BALANCE, BOTH),
    NATIVE(FETCH_POSITIONS, LINEAR),
    NATIVE(FETCH_POSITION, LINEAR),
    NATIVE(FETCH_TRADING_FEE, BOTH),
    NATIVE(FETCH_TRADING_FEES, BOTH),
    NATIVE(FETCH_LEDGER, SPOT),
    NATIVE(FETCH_PERMISSIONS, BOTH),
    NATIVE(FETCH_ACCOUNTS, SPOT),
    NATIVE(CREATE_ORDER, BOTH),
    EMULATED(CREATE_ORDERS, BOTH),
    NATIVE(EDIT_ORDER, BOTH),
    NATIVE(CANCEL_ORDER, BOTH),
    NATIVE(CANCEL_ORDERS, BOTH),
    EMULATED(CANCEL_ALL_ORDERS, BOTH),
    NATIVE(CLOSE_POSITION, LINEAR),
    NATIVE(FETCH_ORDER, BOTH),
    NATIVE(FETCH_ORDERS, BOTH),
    NATIVE(FETCH_OPEN_ORDERS, BOTH),
    NATIVE(FETCH_CLOSED_ORDERS, BOTH),
    NATIVE(FETCH_CANCELED_ORDERS, BOTH),
    NATIVE(FETCH_MY_TRADES, BOTH),
    NATIVE(FETCH_ORDER_TRADES, BOTH),
    NATIVE(TRANSFER, BOTH),
    NATIVE(FETCH_DEPOSIT_ADDRESS, SPOT),
    NATIVE(FETCH_DEPOSIT_ADDRESSES, SPOT),
    NATIVE(CREATE_DEPOSIT_ADDRESS, SPOT),
    NATIVE(FETCH_DEPOSITS, SPOT),
    NATIVE(FETCH_WITHDRAWALS, SPOT),
    NATIVE(WITHDRAW, SPOT),
    NATIVE(WATCH_TICKER, BOTH),
    NATIVE(WATCH_TICKERS, BOTH),
    NATIVE(WATCH_BIDS_ASKS, BOTH),
    NATIVE(WATCH_ORDER_BOOK, BOTH),
    NATIVE(WATCH_TRADES, BOTH),
    NATIVE(WATCH_CANDLES, BOTH),
    NATIVE(WATCH_ORDERS, BOTH),
    EMULATED(WATCH_MY_TRADES, BOTH),
    NATIVE(WATCH_POSITIONS, LINEAR),
    NATIVE(WATCH_BALANCES, LINEAR),
};

/* --- Endpoints ---
 *
 * A row: operation, where it holds, path, build, parse, and what else it has. */

#define B(name_) bourse__coinbase_build_##name_
#define P(name_) bourse__coinbase_parse_##name_
#define NONE     NULL
#define V3       "/api/v3/brokerage/"
#define V2       "/v2/"

#define PUBLIC(operation_, products_, path_, build_, ...)                                                    \
  {                                                                                                          \
    .operation = BOURSE_OP_##operation_, .products = products_, .security = BOURSE_SECURITY_PUBLIC,          \
    .host = COINBASE_REST, .method = "GET", .path = path_, .costs = {{COINBASE_PUBLIC, 1}}, .build = build_, \
    .parse = __VA_ARGS__                                                                                     \
  }
#define ROW(operation_, products_, budget_, method_, path_, build_, ...)                                           \
  {                                                                                                                \
    .operation = BOURSE_OP_##operation_, .products = products_, .security = BOURSE_SECURITY_SIGNED,                \
    .host = COINBASE_REST, .method = #method_, .path = path_, .costs = {{COINBASE_##budget_, 1}}, .build = build_, \
    .parse = __VA_ARGS__                                                                                           \
  }
#define GET(operation_, products_, path_, build_, ...) \
  ROW(operation_, products_, PRIVATE, GET, V3 path_, build_, __VA_ARGS__)
#define POST(operation_, products_, path_, build_, ...) \
  ROW(operation_, products_, PRIVATE, POST, V3 path_, build_, __VA_ARGS__)
#define APP(operation_, method_, path_, build_, ...) ROW(operation_, SPOT, APP, method_, V2 path_, build_, __VA_ARGS__)

#define ACTS      .flags = BOURSE_ENDPOINT_ACTS
#define PLACES    .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_IDEMPOTENT
#define CANCELS   .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE | BOURSE_ENDPOINT_URGENT
#define TESTS     .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE
#define URGENT    .flags = BOURSE_ENDPOINT_URGENT
#define AS(name_) .variant = COINBASE_##name_

static const bourse_endpoint endpoints[] = {
    /* Orders first: these are looked up in a hurry. */
    POST(CREATE_ORDER, BOTH, "orders", B(order), P(order), PLACES),
    POST(CREATE_ORDER, BOTH, "orders/preview", B(order), P(tested), TESTS, AS(TEST)),
    POST(CANCEL_ORDER, BOTH, "orders/batch_cancel", B(cancel), P(cancel), CANCELS),
    GET(CANCEL_ORDER, BOTH, "orders/historical/batch", B(open_orders), P(orders_to_cancel), URGENT, AS(FIRST)),
    POST(EDIT_ORDER, BOTH, "orders/edit", B(edit), P(edit), ACTS),
    GET(EDIT_ORDER, BOTH, "orders/historical/{order_id}", B(order_of_id), P(order_to_edit), AS(ONE)),
    GET(EDIT_ORDER, BOTH, "orders/historical/batch", B(open_orders), P(order_to_edit), AS(FIRST)),
    POST(CLOSE_POSITION, LINEAR, "orders/close_position", B(close_position), P(order),
         .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_IDEMPOTENT | BOURSE_ENDPOINT_URGENT),

    GET(FETCH_ORDER, BOTH, "orders/historical/{order_id}", B(order_of_id), P(order_of_id)),
    GET(FETCH_ORDER, BOTH, "orders/historical/batch", B(find_order), P(found_order), AS(FIRST)),
    GET(FETCH_OPEN_ORDERS, BOTH, "orders/historical/batch", B(open_orders), P(open_orders)),
    GET(FETCH_ORDERS, BOTH, "orders/historical/batch", B(orders), P(orders)),
    GET(FETCH_MY_TRADES, BOTH, "orders/historical/fills", B(fills), P(fills)),

    PUBLIC(FETCH_TIME, BOTH, V3 "time", NONE, P(time)),
    PUBLIC(FETCH_MARKETS, BOTH, V3 "market/products", B(markets), P(markets)),
    PUBLIC(FETCH_CURRENCIES, SPOT, V2 "currencies", NONE, P(currencies)),
    PUBLIC(FETCH_CURRENCIES, SPOT, V2 "currencies/crypto", NONE, P(crypto), AS(CRYPTO)),
    PUBLIC(FETCH_TICKER, BOTH, V3 "market/products/{product_id}/ticker", B(ticker), P(ticker)),
    PUBLIC(FETCH_TICKERS, BOTH, V3 "market/products", B(markets), P(tickers)),
    PUBLIC(FETCH_ORDER_BOOK, BOTH, V3 "market/product_book", B(book), P(book)),
    PUBLIC(FETCH_TRADES, BOTH, V3 "market/products/{product_id}/ticker", B(trades), P(trades)),
    PUBLIC(FETCH_CANDLES, BOTH, V3 "market/products/{product_id}/candles", B(candles), P(candles)),
    PUBLIC(FETCH_FUNDING_RATES, LINEAR, V3 "market/products", B(futures), P(fundings)),
    PUBLIC(FETCH_OPEN_INTEREST, LINEAR, V3 "market/products", B(futures), P(interest)),

    GET(FETCH_TICKER, BOTH, "products/{product_id}/ticker", B(ticker), P(ticker), AS(SIGNED)),
    GET(FETCH_TICKERS, BOTH, "products", B(markets), P(tickers), AS(SIGNED)),
    GET(FETCH_ORDER_BOOK, BOTH, "product_book", B(book), P(book), AS(SIGNED)),
    GET(FETCH_TRADES, BOTH, "products/{product_id}/ticker", B(trades), P(trades), AS(SIGNED)),
    GET(FETCH_CANDLES, BOTH, "products/{product_id}/candles", B(candles), P(candles), AS(SIGNED)),
    GET(FETCH_FUNDING_RATES, LINEAR, "products", B(futures), P(fundings), AS(SIGNED)),
    GET(FETCH_OPEN_INTEREST, LINEAR, "products", B(futures), P(interest), AS(SIGNED)),
    GET(FETCH_BIDS_ASKS, BOTH, "best_bid_ask", B(bids_asks), P(bids_asks)),

    GET(FETCH_BALANCES, SPOT, "accounts", B(accounts), P(balances)),
    GET(FETCH_BALANCES, BOTH, "portfolios/{portfolio_uuid}", B(portfolio), P(portfolio), AS(PORTFOLIOS)),
    GET(FETCH_BALANCES, LINEAR, "cfm/balance_summary", NONE, P(futures_balance)),
    GET(FETCH_POSITIONS, LINEAR, "cfm/positions", NONE, P(positions)),
    GET(FETCH_POSITION, LINEAR, "cfm/positions/{product_id}", B(position), P(position)),
    GET(FETCH_TRADING_FEES, BOTH, "transaction_summary", B(fees), P(fees)),
    GET(FETCH_PERMISSIONS, BOTH, "key_permissions", NONE, P(permissions)),
    GET(FETCH_ACCOUNTS, SPOT, "accounts", B(accounts), P(accounts)),
    GET(FETCH_ACCOUNTS, SPOT, "portfolios", NONE, P(portfolios), AS(PORTFOLIOS)),

    GET(FETCH_DEPOSIT_ADDRESS, SPOT, "accounts", B(wallet), P(wallet), AS(WALLET)),
    APP(FETCH_DEPOSIT_ADDRESS, GET, "accounts/{account_id}/addresses", B(transactions), P(addresses)),
    APP(CREATE_DEPOSIT_ADDRESS, POST, "accounts/{account_id}/addresses", B(new_address), P(address), ACTS),
    APP(FETCH_DEPOSITS, GET, "accounts/{account_id}/transactions", B(transactions), P(transactions)),
    APP(FETCH_DEPOSITS, GET, "accounts/{account_id}/deposits", B(transactions), P(fiat), AS(FIAT)),
    APP(FETCH_WITHDRAWALS, GET, "accounts/{account_id}/transactions", B(transactions), P(transactions)),
    APP(FETCH_WITHDRAWALS, GET, "accounts/{account_id}/withdrawals", B(transactions), P(fiat), AS(FIAT)),
    APP(FETCH_LEDGER, GET, "accounts/{account_id}/transactions", B(transactions), P(ledger)),
    APP(WITHDRAW, POST, "accounts/{account_id}/transactions", B(withdraw), P(withdraw), ACTS),
    POST(TRANSFER, SPOT, "portfolios/move_funds", B(move_funds), P(move_funds), ACTS),
    POST(TRANSFER, LINEAR, "cfm/sweeps/schedule", B(sweep), P(sweep), ACTS),
};

/* clang-format on */

/* 1 when it is one of ours. */
static int32_t read_setting(void *handle, const bourse_param *setting) {
  bourse__coinbase_state *state = handle;
  if (strcmp(setting->name, "feed") != 0) return 0;
  state->exchange_feed = strcmp(setting->value, "exchange") == 0 ? BOURSE_YES : BOURSE_NO;
  return state->exchange_feed > 0 || strcmp(setting->value, "advanced") == 0;
}

static int32_t open_handle(bourse_open_call *call) {
  int32_t code = bourse_read_settings(call, read_setting, "is feed = advanced or exchange");
  return code == BOURSE_OK ? bourse_need_key(call, 1u << BOURSE_KEY_ECDSA_P256 | 1u << BOURSE_KEY_ED25519,
                                             "private keys, of the curve P-256 or Ed25519, as the site gives them")
                           : code;
}

const bourse_adapter bourse__coinbase_adapter = {
    .struct_size = sizeof(bourse_adapter),
    .api_version = BOURSE_API_VERSION,
    .name = "coinbase",
    .title = "Coinbase",
    .hosts = hosts,
    .host_count = COINBASE_HOSTS,
    .capabilities = capabilities,
    .capability_count = COUNT(capabilities),
    .endpoints = endpoints,
    .endpoint_count = COUNT(endpoints),
    .limits = limits,
    .limit_count = COINBASE_LIMITS,
    .products = SPOT | LINEAR,
    .state_size = sizeof(bourse__coinbase_state),
    .secret_encoding = BOURSE_SECRET_ED25519_BASE64,
    .client_id_format = BOURSE_CLIENT_ID_UUID,
    .client_id_max = 128,
    .client_id_extra = "-_",
    .open = open_handle,
    .route = bourse__coinbase_route,
    .sign = bourse__coinbase_sign,
    .error = bourse__coinbase_error,
    .stream = &bourse__coinbase_stream,
    .not_found_grace_ms = 130000, /* a request is good as long as its token, two minutes */
};
