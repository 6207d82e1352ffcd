/* exchange/kraken/adapter.c - the tables: hosts, rate budgets, capabilities, endpoints; and opening a handle. */
#include <stdio.h>
#include <string.h>

#include "exchange/kraken/futures.h"
#include "exchange/kraken/stream.h"

#define COUNT(array_) ((uint32_t)(sizeof(array_) / sizeof((array_)[0])))

/* There is no test net; `test` of an order has the exchange check it and not place it. */
static const bourse_host hosts[KRAKEN_HOSTS] = {
    [KRAKEN_SPOT] = {"spot", "https://api.kraken.com", NULL, NULL},
    [KRAKEN_FUTURES] = {"futures", "https://futures.kraken.com", NULL, NULL},
    [KRAKEN_WS] = {"ws", "wss://ws.kraken.com", NULL, NULL},
    [KRAKEN_WS_AUTH] = {"ws-auth", "wss://ws-auth.kraken.com", NULL, NULL},
    [KRAKEN_FUTURES_WS] = {"futures-ws", "wss://futures.kraken.com", NULL, NULL},
};

/* No reply tells what is used. Public calls: about one a second by address. The engine's counters are one for each market. */
static const bourse_limit limits[KRAKEN_LIMITS] = {
    [KRAKEN_PUBLIC] = {"spot public", 10, 10 * KRAKEN_SECOND, BOURSE_LIMIT_PER_ADDRESS, BOURSE_LIMIT_LEAKY, 0, NULL},
    [KRAKEN_CALLS] = {"spot calls", 15, 45 * KRAKEN_SECOND, BOURSE_LIMIT_PER_ACCOUNT, BOURSE_LIMIT_LEAKY, 10, NULL},
    [KRAKEN_ENGINE] = {"spot engine", 60, 60 * KRAKEN_SECOND, BOURSE_LIMIT_PER_MARKET, BOURSE_LIMIT_LEAKY, 20, NULL},
    [KRAKEN_ENGINE_INTERMEDIATE] = {"spot engine intermediate", 125, 53419 * KRAKEN_MILLISECOND,
                                    BOURSE_LIMIT_PER_MARKET, BOURSE_LIMIT_LEAKY, 20, NULL},
    [KRAKEN_ENGINE_PRO] = {"spot engine pro", 180, 48 * KRAKEN_SECOND, BOURSE_LIMIT_PER_MARKET, BOURSE_LIMIT_LEAKY, 20,
                           NULL},
    [KRAKEN_FUTURES_PUBLIC] = {"futures public", 500, 10 * KRAKEN_SECOND, BOURSE_LIMIT_PER_ADDRESS, BOURSE_LIMIT_WINDOW,
                               0, NULL},
    [KRAKEN_DERIVATIVES] = {"futures", 500, 10 * KRAKEN_SECOND, BOURSE_LIMIT_PER_ACCOUNT, BOURSE_LIMIT_WINDOW, 20,
                            NULL},
    [KRAKEN_HISTORY] = {"futures history", 100, 10 * KRAKEN_MINUTE, BOURSE_LIMIT_PER_ACCOUNT, BOURSE_LIMIT_LEAKY, 0,
                        NULL},
};

/* clang-format off: rows stay rows */
#define SPOT     BOURSE_FOR_SPOT
#define CROSS    BOURSE_FOR_CROSS
#define LINEAR   BOURSE_FOR_LINEAR
#define INVERSE  BOURSE_FOR_INVERSE
#define FUTURES  BOURSE_FOR_FUTURES
#define MARGINED (SPOT | CROSS) /* one account for both */

#define NATIVE(operation_, products_) \
  { BOURSE_OP_##operation_, (products_), 0 }
#define EMULATED(operation_, products_) \
  { BOURSE_OP_##operation_, 0, (products_) }
#define MIXED(operation_, native_, emulated_) \
  { BOURSE_OP_##operation_, (native_), (emulated_) }

/* Emulated: made of several requests, or picked out of a longer reply. */
static const bourse_capability capabilities[] = {
    NATIVE(FETCH_TIME, SPOT | FUTURES),
    NATIVE(FETCH_STATUS, SPOT | FUTURES),
    NATIVE(FETCH_MARKETS, SPOT | FUTURES),
    NATIVE(FETCH_CURRENCIES, SPOT),
    NATIVE(FETCH_TICKER, SPOT | FUTURES),
    NATIVE(FETCH_TICKERS, SPOT | FUTURES),
    EMULATED(FETCH_BIDS_ASKS, SPOT | FUTURES),
    EMULATED(FETCH_LAST_PRICES, SPOT | FUTURES),
    NATIVE(FETCH_ORDER_BOOK, SPOT | FUTURES),
    NATIVE(FETCH_TRADES, SPOT | FUTURES),
    NATIVE(FETCH_CANDLES, SPOT | FUTURES),
    EMULATED(FETCH_MARK_PRICES, FUTURES),
    EMULATED(FETCH_FUNDING_RATE, FUTURES),
    EMULATED(FETCH_FUNDING_RATES, FUTURES),
    NATIVE(FETCH_FUNDING_RATE_HISTORY, FUTURES),
    EMULATED(FETCH_OPEN_INTEREST, FUTURES),
    NATIVE(FETCH_OPEN_INTEREST_HISTORY, FUTURES),
    NATIVE(FETCH_LEVERAGE_TIERS, FUTURES),
    NATIVE(FETCH_BALANCES, MARGINED | FUTURES),
    MIXED(FETCH_BALANCE, CROSS, SPOT | FUTURES),
    NATIVE(FETCH_POSITIONS, MARGINED | FUTURES),
    EMULATED(FETCH_POSITION, MARGINED | FUTURES),
    NATIVE(FETCH_LEVERAGES, LINEAR),
    NATIVE(FETCH_LEVERAGE, LINEAR),
    NATIVE(SET_LEVERAGE, LINEAR),
    NATIVE(SET_MARGIN_MODE, LINEAR),
    EMULATED(FETCH_MARGIN_MODE, LINEAR),
    NATIVE(FETCH_FUNDING_HISTORY, FUTURES),
    NATIVE(FETCH_TRADING_FEE, MARGINED),
    NATIVE(FETCH_TRADING_FEES, MARGINED),
    NATIVE(FETCH_LEDGER, MARGINED | FUTURES),
    NATIVE(FETCH_PERMISSIONS, MARGINED),
    NATIVE(CREATE_ORDER, MARGINED | FUTURES),
    NATIVE(CREATE_ORDERS, MARGINED | FUTURES),
    NATIVE(EDIT_ORDER, MARGINED | FUTURES),
    NATIVE(EDIT_ORDERS, FUTURES),
    NATIVE(CANCEL_ORDER, MARGINED | FUTURES),
    NATIVE(CANCEL_ORDERS, MARGINED | FUTURES),
    NATIVE(CANCEL_ALL_ORDERS, MARGINED | FUTURES),
    NATIVE(CANCEL_ALL_ORDERS_AFTER, MARGINED | FUTURES),
    EMULATED(CLOSE_POSITION, MARGINED | FUTURES),
    NATIVE(FETCH_ORDER, MARGINED | FUTURES),
    EMULATED(FETCH_ORDERS, MARGINED | FUTURES),
    NATIVE(FETCH_OPEN_ORDERS, MARGINED | FUTURES),
    EMULATED(FETCH_CLOSED_ORDERS, MARGINED | FUTURES),
    EMULATED(FETCH_CANCELED_ORDERS, MARGINED | FUTURES),
    NATIVE(FETCH_MY_TRADES, MARGINED | FUTURES),
    EMULATED(FETCH_ORDER_TRADES, MARGINED | FUTURES),
    NATIVE(FETCH_ORDER_EDITS, MARGINED),
    NATIVE(TRANSFER, MARGINED | FUTURES),
    EMULATED(FETCH_TRANSFERS, MARGINED),
    NATIVE(FETCH_DEPOSIT_ADDRESS, MARGINED),
    EMULATED(FETCH_DEPOSIT_ADDRESSES, MARGINED),
    NATIVE(CREATE_DEPOSIT_ADDRESS, MARGINED),
    NATIVE(FETCH_DEPOSITS, MARGINED),
    NATIVE(FETCH_WITHDRAWALS, MARGINED),
    NATIVE(WITHDRAW, MARGINED),
    NATIVE(FETCH_STREAM_TOKEN, MARGINED),
    NATIVE(WATCH_TICKER, SPOT | FUTURES),
    NATIVE(WATCH_TICKERS, SPOT | FUTURES),
    NATIVE(WATCH_BIDS_ASKS, SPOT | FUTURES),
    NATIVE(WATCH_ORDER_BOOK, SPOT | FUTURES),
    NATIVE(WATCH_TRADES, SPOT | FUTURES),
    NATIVE(WATCH_CANDLES, SPOT),
    NATIVE(WATCH_MARK_PRICE, FUTURES),
    NATIVE(WATCH_LIQUIDATIONS, FUTURES),
    NATIVE(WATCH_ORDERS, MARGINED | FUTURES),
    NATIVE(WATCH_MY_TRADES, MARGINED | FUTURES),
    NATIVE(WATCH_BALANCES, MARGINED | FUTURES),
    NATIVE(WATCH_POSITIONS, FUTURES),
};

/* --- Endpoints ---
 *
 * A row: operation, where it holds, method or name of the call, costs, build, parse, and what else it has. */

#define B(name_) bourse__kraken_build_##name_
#define P(name_) bourse__kraken_parse_##name_
#define NONE     NULL

#define PUBLIC(operation_, products_, name_, build_, ...)                                                             \
  {                                                                                                                   \
    .operation = BOURSE_OP_##operation_, .products = (products_), .security = BOURSE_SECURITY_PUBLIC,                 \
    .host = KRAKEN_SPOT, .method = "GET", .path = "/0/public/" name_, .costs = {{KRAKEN_PUBLIC, 1}}, .build = build_, \
    .parse = __VA_ARGS__                                                                                              \
  }

#define PRIVATE(operation_, name_, costs_, build_, ...)                                                   \
  {                                                                                                       \
    .operation = BOURSE_OP_##operation_, .products = MARGINED, .security = BOURSE_SECURITY_SIGNED,        \
    .host = KRAKEN_SPOT, .method = "POST", .path = "/0/private/" name_, .costs = costs_, .build = build_, \
    .parse = __VA_ARGS__                                                                                  \
  }

/* Costs: of calls, and of orders by market (what build makes of it). */
/* As a message over the socket of the account: its name is the method. */
#define MESSAGE(operation_, name_, costs_, build_, ...)                                                                \
  {                                                                                                                    \
    .operation = BOURSE_OP_##operation_, .products = SPOT, .security = BOURSE_SECURITY_SIGNED,                         \
    .host = KRAKEN_SOCKET_ACCOUNT, .method = name_, .path = "", .costs = costs_, .build = build_, .parse = __VA_ARGS__ \
  }

/* Futures: public, and signed. */
#define OPEN(operation_, path_, build_, ...)                                                                        \
  {                                                                                                                 \
    .operation = BOURSE_OP_##operation_, .products = FUTURES, .security = BOURSE_SECURITY_PUBLIC,                   \
    .host = KRAKEN_FUTURES, .method = "GET", .path = path_, .costs = {{KRAKEN_FUTURES_PUBLIC, 1}}, .build = build_, \
    .parse = __VA_ARGS__                                                                                            \
  }
#define KEYED(operation_, products_, costs_, method_, path_, build_, ...)                                             \
  {                                                                                                                   \
    .operation = BOURSE_OP_##operation_, .products = products_, .security = BOURSE_SECURITY_SIGNED,                   \
    .host = KRAKEN_FUTURES, .method = #method_, .path = path_, .costs = costs_, .build = build_, .parse = __VA_ARGS__ \
  }
#define D(n_)                  \
  {                            \
    { KRAKEN_DERIVATIVES, n_ } \
  }
#define H(n_)              \
  {                        \
    { KRAKEN_HISTORY, n_ } \
  }
#define FB(name_)  bourse__kraken_futures_build_##name_
#define FP(name_)  bourse__kraken_futures_parse_##name_
#define V3         "/derivatives/api/v3/"
#define PAST       "/api/history/v3/"
#define CHARTS     "/api/charts/v1/"
#define FOR(name_) .variant = FUTURES_##name_

#define C(n_)            \
  {                      \
    { KRAKEN_CALLS, n_ } \
  }
#define ENGINE           \
  {                      \
    { KRAKEN_ENGINE, 0 } \
  }

#define ACTS           .flags = BOURSE_ENDPOINT_ACTS
#define SETS           .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE
#define CANCELS        .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE | BOURSE_ENDPOINT_URGENT
#define URGENT         .flags = BOURSE_ENDPOINT_URGENT
#define VARIANT(name_) .variant = KRAKEN_##name_
#define AS(name_)      .variant = KRAKEN_##name_ | KRAKEN_OVER_SOCKET
#define SOCKET         BOURSE_ENDPOINT_SOCKET
#define PAGE(n_)       .page_max = (n_)

static const bourse_endpoint endpoints[] = {
    /* Orders first: these are looked up in a hurry. */
    PRIVATE(CREATE_ORDER, "AddOrder", ENGINE, B(order), P(order), ACTS),
    PRIVATE(CREATE_ORDER, "AddOrder", ENGINE, B(order), P(order), SETS, VARIANT(TEST)),
    PRIVATE(CANCEL_ORDER, "CancelOrder", ENGINE, B(cancel), P(cancel), CANCELS),
    PRIVATE(EDIT_ORDER, "AmendOrder", ENGINE, B(amend), P(amend), ACTS),
    PRIVATE(CREATE_ORDERS, "AddOrderBatch", ENGINE, B(batch_orders), P(batch_orders), ACTS, VARIANT(BATCH)),
    PRIVATE(CREATE_ORDERS, "AddOrderBatch", ENGINE, B(batch_orders), P(batch_orders), SETS, VARIANT(BATCH_TEST)),
    PRIVATE(CANCEL_ORDERS, "CancelOrderBatch", ENGINE, B(batch_cancel), P(batch_cancel), CANCELS, VARIANT(BATCH)),
    PRIVATE(CANCEL_ALL_ORDERS, "CancelAll", ENGINE, NONE, P(cancel_all), CANCELS),
    PRIVATE(CANCEL_ALL_ORDERS, "OpenOrders", C(1), NONE, P(orders_to_cancel), URGENT, VARIANT(FIRST)),
    PRIVATE(CANCEL_ALL_ORDERS, "CancelOrderBatch", ENGINE, B(batch_cancel), P(batch_cancel), CANCELS, VARIANT(BATCH)),
    PRIVATE(CANCEL_ALL_ORDERS_AFTER, "CancelAllOrdersAfter", C(1), B(cancel_all_after), P(cancel_all_after), CANCELS),
    PRIVATE(CLOSE_POSITION, "OpenPositions", C(1), B(positions), P(position_to_close), URGENT, VARIANT(FIRST)),
    PRIVATE(CLOSE_POSITION, "AddOrder", ENGINE, B(close_position), P(closed_position),
            .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_URGENT),

    MESSAGE(CREATE_ORDER, "add_order", ENGINE, B(order), P(order), ACTS | SOCKET, AS(USUAL)),
    MESSAGE(CREATE_ORDER, "add_order", ENGINE, B(order), P(order), SETS | SOCKET, AS(TEST)),
    MESSAGE(CANCEL_ORDER, "cancel_order", ENGINE, B(cancel), P(cancel), CANCELS | SOCKET, AS(USUAL)),
    MESSAGE(EDIT_ORDER, "amend_order", ENGINE, B(amend), P(amend), ACTS | SOCKET, AS(USUAL)),
    MESSAGE(CREATE_ORDERS, "batch_add", ENGINE, B(batch_orders), P(batch_orders), ACTS | SOCKET, AS(BATCH)),
    MESSAGE(CREATE_ORDERS, "batch_add", ENGINE, B(batch_orders), P(batch_orders), SETS | SOCKET, AS(BATCH_TEST)),
    MESSAGE(CANCEL_ORDERS, "batch_cancel", ENGINE, B(batch_cancel), P(batch_cancel), CANCELS | SOCKET, AS(BATCH)),
    MESSAGE(CANCEL_ALL_ORDERS, "cancel_all", ENGINE, NONE, P(cancel_all), CANCELS | SOCKET, AS(USUAL)),
    MESSAGE(CANCEL_ALL_ORDERS_AFTER, "cancel_all_orders_after", ENGINE, B(cancel_all_after), P(cancel_all_after),
            CANCELS | SOCKET, AS(USUAL)),

    PRIVATE(FETCH_ORDER, "QueryOrders", C(1), B(query_orders), P(query_orders)),
    PRIVATE(FETCH_ORDER, "OpenOrders", C(1), B(open_orders), P(open_orders), VARIANT(OPEN)),
    PRIVATE(FETCH_ORDER, "ClosedOrders", C(2), B(closed_orders), P(closed_orders), VARIANT(CLOSED)),
    PRIVATE(FETCH_OPEN_ORDERS, "OpenOrders", C(1), B(open_orders), P(open_orders)),
    PRIVATE(FETCH_CLOSED_ORDERS, "ClosedOrders", C(2), B(closed_orders), P(closed_orders)),
    PRIVATE(FETCH_ORDERS, "OpenOrders", C(1), B(open_orders), P(open_orders), VARIANT(OPEN)),
    PRIVATE(FETCH_ORDERS, "ClosedOrders", C(2), B(closed_orders), P(closed_orders), VARIANT(CLOSED)),
    PRIVATE(FETCH_MY_TRADES, "TradesHistory", C(2), B(fills), P(fills)),
    PRIVATE(FETCH_ORDER_TRADES, "QueryOrders", C(1), B(query_orders), P(order_of_fills), VARIANT(FIRST)),
    PRIVATE(FETCH_ORDER_TRADES, "QueryTrades", C(2), B(query_fills), P(query_fills)),
    PRIVATE(FETCH_ORDER_EDITS, "OrderAmends", C(1), B(order_edits), P(order_edits)),

    PUBLIC(FETCH_TIME, SPOT, "Time", NONE, P(time)),
    PUBLIC(FETCH_STATUS, SPOT, "SystemStatus", NONE, P(status)),
    PUBLIC(FETCH_MARKETS, SPOT, "AssetPairs", NONE, P(markets)),
    PUBLIC(FETCH_CURRENCIES, SPOT, "Assets", B(currencies), P(currencies)),
    PUBLIC(FETCH_TICKERS, SPOT, "Ticker", B(tickers), P(tickers)),
    PUBLIC(FETCH_ORDER_BOOK, SPOT, "Depth", B(depth), P(depth)),
    PUBLIC(FETCH_TRADES, SPOT, "Trades", B(trades), P(trades), PAGE(1000)),
    PUBLIC(FETCH_CANDLES, SPOT, "OHLC", B(candles), P(candles)),

    PRIVATE(FETCH_BALANCES, "BalanceEx", C(1), B(balances), P(balances)),
    PRIVATE(FETCH_BALANCES, "Balance", C(1), B(balances), P(balances), VARIANT(TOTALS)),
    PRIVATE(FETCH_BALANCES, "TradeBalance", C(1), B(margin_balance), P(margin_balance), VARIANT(SUMMARY)),
    PRIVATE(FETCH_POSITIONS, "OpenPositions", C(1), B(positions), P(positions)),
    PRIVATE(FETCH_TRADING_FEES, "TradeVolume", C(1), B(fees), P(fees)),
    PRIVATE(FETCH_LEDGER, "Ledgers", C(2), B(ledger), P(ledger)),
    PRIVATE(FETCH_LEDGER, "QueryLedgers", C(2), B(ledger_of_id), P(ledger_of_id), VARIANT(ONE)),
    PRIVATE(FETCH_PERMISSIONS, "GetApiKeyInfo", C(1), NONE, P(permissions)),
    PRIVATE(FETCH_STREAM_TOKEN, "GetWebSocketsToken", C(1), NONE, P(stream_token)),

    PRIVATE(FETCH_DEPOSIT_ADDRESS, "DepositAddresses", C(1), B(addresses), P(addresses)),
    PRIVATE(FETCH_DEPOSIT_ADDRESS, "DepositMethods", C(1), B(asset), P(methods), VARIANT(METHODS)),
    PRIVATE(CREATE_DEPOSIT_ADDRESS, "DepositAddresses", C(1), B(addresses), P(addresses), ACTS),
    PRIVATE(FETCH_DEPOSITS, "DepositStatus", C(1), B(transactions), P(transactions)),
    PRIVATE(FETCH_WITHDRAWALS, "WithdrawStatus", C(1), B(transactions), P(transactions)),
    PRIVATE(WITHDRAW, "Withdraw", C(1), B(withdraw), P(withdraw), ACTS),
    PRIVATE(TRANSFER, "WalletTransfer", C(1), B(transfer), P(transfer), ACTS),

    OPEN(FETCH_TIME, V3 "instruments/status", NONE, FP(time)),
    OPEN(FETCH_STATUS, V3 "instruments/status", NONE, FP(status)),
    OPEN(FETCH_MARKETS, V3 "instruments", NONE, FP(markets)),
    OPEN(FETCH_LEVERAGE_TIERS, V3 "instruments", NONE, FP(leverage_tiers)),
    OPEN(FETCH_TICKERS, V3 "tickers", NONE, FP(tickers)),
    OPEN(FETCH_TICKERS, V3 "tickers/{symbol}", FB(one_market), FP(tickers), FOR(ONE)),
    OPEN(FETCH_ORDER_BOOK, V3 "orderbook", FB(symbol), FP(depth)),
    OPEN(FETCH_TRADES, V3 "history", FB(trades), FP(trades)),
    OPEN(FETCH_TRADES, PAST "market/{symbol}/executions", FB(executed_trades), FP(executed_trades), FOR(HISTORY)),
    OPEN(FETCH_CANDLES, CHARTS "{tick_type}/{symbol}/{resolution}", FB(candles), FP(candles), PAGE(2000)),
    OPEN(FETCH_FUNDING_RATE_HISTORY, "/derivatives/api/v4/historicalfundingrates", FB(symbol), FP(funding_history)),
    OPEN(FETCH_OPEN_INTEREST_HISTORY, CHARTS "analytics/{symbol}/open-interest", FB(interest_history),
         FP(interest_history), PAGE(2000)),

    KEYED(CREATE_ORDER, FUTURES, D(10), POST, V3 "sendorder", FB(order), FP(order), ACTS),
    KEYED(CREATE_ORDERS, FUTURES, D(10), POST, V3 "batchorder", FB(batch), FP(batch), ACTS),
    KEYED(EDIT_ORDERS, FUTURES, D(10), POST, V3 "batchorder", FB(batch), FP(batch), ACTS),
    KEYED(CANCEL_ORDERS, FUTURES, D(10), POST, V3 "batchorder", FB(batch), FP(batch), CANCELS),
    KEYED(EDIT_ORDER, FUTURES, D(10), POST, V3 "editorder", FB(edit), FP(order), ACTS),
    KEYED(CANCEL_ORDER, FUTURES, D(10), POST, V3 "cancelorder", FB(cancel), FP(order), CANCELS),
    KEYED(CANCEL_ALL_ORDERS, FUTURES, D(25), POST, V3 "cancelallorders", FB(cancel_all), FP(canceled_all), CANCELS),
    KEYED(CANCEL_ALL_ORDERS_AFTER, FUTURES, D(25), POST, V3 "cancelallordersafter", FB(countdown), FP(countdown),
          CANCELS),
    KEYED(CLOSE_POSITION, FUTURES, D(2), GET, V3 "openpositions", NONE, FP(position_to_close), URGENT, FOR(FIRST)),
    KEYED(CLOSE_POSITION, FUTURES, D(10), POST, V3 "sendorder", FB(close_position), FP(order),
          .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_URGENT),
    KEYED(FETCH_OPEN_ORDERS, FUTURES, D(2), GET, V3 "openorders", NONE, FP(open_orders)),
    KEYED(FETCH_ORDER, FUTURES, D(1), POST, V3 "orders/status", FB(order_status), FP(order_status)),
    KEYED(FETCH_ORDER, FUTURES, H(1), GET, PAST "orders", FB(order_history), FP(order_history), FOR(HISTORY)),
    KEYED(FETCH_ORDER, FUTURES, H(1), GET, PAST "triggers", FB(order_history), FP(order_history), FOR(TRIGGERS)),
    KEYED(FETCH_ORDERS, FUTURES, H(1), GET, PAST "orders", FB(order_history), FP(order_history)),
    KEYED(FETCH_ORDERS, FUTURES, H(1), GET, PAST "triggers", FB(order_history), FP(order_history), FOR(TRIGGERS)),
    KEYED(FETCH_MY_TRADES, FUTURES, D(2), GET, V3 "fills", NONE, FP(fills)),
    KEYED(FETCH_MY_TRADES, FUTURES, H(1), GET, PAST "executions", FB(executions), FP(executions), FOR(HISTORY)),
    KEYED(FETCH_ORDER_TRADES, FUTURES, H(1), GET, PAST "executions", FB(executions), FP(executions)),
    KEYED(FETCH_BALANCES, FUTURES, D(2), GET, V3 "accounts", NONE, FP(balances)),
    KEYED(FETCH_POSITIONS, FUTURES, D(2), GET, V3 "openpositions", NONE, FP(positions)),
    KEYED(FETCH_LEVERAGES, LINEAR, D(2), GET, V3 "leveragepreferences", FB(leverage), FP(leverages)),
    KEYED(SET_LEVERAGE, LINEAR, D(10), PUT, V3 "leveragepreferences", FB(set_leverage), FP(set_leverage), SETS),
    KEYED(FETCH_LEDGER, FUTURES, H(3), GET, PAST "account-log", FB(ledger), FP(ledger)),
    KEYED(TRANSFER, FUTURES, D(10), POST, V3 "transfer", FB(transfer), FP(transfer), ACTS),
    KEYED(TRANSFER, FUTURES, D(100), POST, V3 "withdrawal", FB(withdrawal), FP(transfer), ACTS, FOR(OUT)),
};

/* clang-format on */

/* 1 when it is one of ours. */
static int32_t read_setting(void *handle, const bourse_param *setting) {
  bourse__kraken_state *state = handle;
  static const char *const tiers[] = {"starter", "intermediate", "pro"};
  if (strcmp(setting->name, "endpoint.fetch_balances") == 0) {
    state->totals = BOURSE_YES;
    return strcmp(setting->value, "/0/private/Balance") == 0;
  }
  if (strcmp(setting->name, "futures_nonce") == 0) {
    state->futures_nonce = strcmp(setting->value, "yes") == 0 ? BOURSE_YES : BOURSE_NO;
    return state->futures_nonce > 0 || strcmp(setting->value, "no") == 0;
  }
  if (strcmp(setting->name, "tier") != 0) return 0;
  for (int32_t i = 0; i < 3; i++)
    if (strcmp(setting->value, tiers[i]) == 0) {
      state->tier = i;
      return 1;
    }
  return 0;
}

static int32_t open_handle(bourse_open_call *call) {
  bourse__kraken_state *state = call->state;
  int32_t product = call->options->product;
  state->futures_key = product == BOURSE_PRODUCT_LINEAR || product == BOURSE_PRODUCT_INVERSE ? BOURSE_YES : BOURSE_NO;
  int32_t code = bourse_read_settings(call, read_setting,
                                      "are tier = starter, intermediate or pro, futures_nonce = yes or no, and "
                                      "endpoint.fetch_balances = /0/private/Balance");
  return code == BOURSE_OK ? bourse_need_key(call, 1u << BOURSE_KEY_HMAC, "secrets for HMAC, in base64") : code;
}

const bourse_adapter bourse__kraken_adapter = {
    .struct_size = sizeof(bourse_adapter),
    .api_version = BOURSE_API_VERSION,
    .name = "kraken",
    .title = "Kraken",
    .hosts = hosts,
    .host_count = KRAKEN_HOSTS,
    .capabilities = capabilities,
    .capability_count = COUNT(capabilities),
    .endpoints = endpoints,
    .endpoint_count = COUNT(endpoints),
    .limits = limits,
    .limit_count = KRAKEN_LIMITS,
    .products = SPOT | CROSS | FUTURES,
    .together = FUTURES,
    .state_size = sizeof(bourse__kraken_state),
    .secret_encoding = BOURSE_SECRET_BASE64,
    .client_id_format = BOURSE_CLIENT_ID_UUID,
    .client_id_max = 100,
    .client_id_extra = "-_",
    .timeless = BOURSE_YES,
    .nonces = BOURSE_YES,
    .not_found_grace_ms = 120000, /* not all carry a time of validity: as long as a kernel sends again */
    .open = open_handle,
    .route = bourse__kraken_route,
    .sign = bourse__kraken_sign,
    .error = bourse__kraken_error,
    .stream = &bourse__kraken_stream,
};
