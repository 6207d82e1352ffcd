/* exchange/kucoin/adapter.c - the tables: hosts, rate budgets, capabilities, endpoints; and opening a handle. */
#include <stdio.h>
#include <string.h>

#include "exchange/kucoin/stream.h"

#define COUNT(array_) ((uint32_t)(sizeof(array_) / sizeof((array_)[0])))

/* There is no test net; `test` of an order has the exchange check it and not place it. Streams are made to where the reply
 * to fetch_stream_token says; their hosts here are what it mostly says. */
static const bourse_host hosts[KUCOIN_HOSTS] = {
    [KUCOIN_SPOT] = {"spot", "https://api.kucoin.com", NULL, NULL},
    [KUCOIN_FUTURES] = {"futures", "https://api-futures.kucoin.com", NULL, NULL},
    [KUCOIN_SPOT_WS] = {"spot-ws", "wss://ws-api-spot.kucoin.com", NULL, NULL},
    [KUCOIN_FUTURES_WS] = {"futures-ws", "wss://ws-api-futures.kucoin.com", NULL, NULL},
    [KUCOIN_ORDERS_WS] = {"orders-ws", "wss://wsapi.kucoin.com", NULL, NULL},
    [KUCOIN_UNIFIED_WS] = {"unified-ws", "wss://wsapi-push.kucoin.com", NULL, NULL},
};

/* Pools of weights, those of accounts without a rank; a window begins with the first request after the one before. What is
 * left of them the replies tell, not what is used. */
#define POOL(name_, capacity_, scope_, reserved_) \
  { name_, capacity_, 30 * KUCOIN_SECOND, BOURSE_LIMIT_PER_##scope_, BOURSE_LIMIT_ROLLING, reserved_, NULL }
static const bourse_limit limits[KUCOIN_LIMITS] = {
    [KUCOIN_PUBLIC] = POOL("public", 2000, ADDRESS, 0),
    [KUCOIN_SPOT_POOL] = POOL("spot and margin", 4000, ACCOUNT, 10),
    [KUCOIN_FUTURES_POOL] = POOL("futures", 2000, ACCOUNT, 10),
    [KUCOIN_MANAGEMENT] = POOL("management", 2000, ACCOUNT, 0),
    [KUCOIN_UNIFIED_POOL] = {"unified", 200, 3 * KUCOIN_SECOND, BOURSE_LIMIT_PER_ACCOUNT, BOURSE_LIMIT_ROLLING, 10,
                             NULL},
};

/* clang-format off: rows stay rows */
#define SPOT     BOURSE_FOR_SPOT
#define CROSS    BOURSE_FOR_CROSS
#define ISOLATED BOURSE_FOR_ISOLATED
#define MARGIN   BOURSE_FOR_MARGIN
#define MARGINED (SPOT | MARGIN)
#define LINEAR   BOURSE_FOR_LINEAR
#define INVERSE  BOURSE_FOR_INVERSE
#define FUTURES  BOURSE_FOR_FUTURES
#define ALL      (MARGINED | FUTURES)

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
    MIXED(FETCH_BIDS_ASKS, FUTURES, SPOT),
    EMULATED(FETCH_LAST_PRICES, SPOT | FUTURES),
    NATIVE(FETCH_ORDER_BOOK, SPOT | FUTURES),
    NATIVE(FETCH_TRADES, SPOT | FUTURES),
    NATIVE(FETCH_CANDLES, SPOT | FUTURES),
    NATIVE(FETCH_MARK_PRICES, SPOT | FUTURES),
    NATIVE(FETCH_FUNDING_RATE, FUTURES),
    EMULATED(FETCH_FUNDING_RATES, FUTURES),
    NATIVE(FETCH_FUNDING_RATE_HISTORY, FUTURES),
    EMULATED(FETCH_FUNDING_INTERVALS, FUTURES),
    NATIVE(FETCH_OPEN_INTEREST, FUTURES),
    NATIVE(FETCH_OPEN_INTEREST_HISTORY, FUTURES),
    NATIVE(FETCH_LEVERAGE_TIERS, FUTURES),
    NATIVE(CREATE_ORDER, ALL),
    MIXED(CREATE_ORDERS, SPOT | FUTURES, MARGIN),
    NATIVE(CREATE_ORDER_LIST, MARGINED),
    NATIVE(EDIT_ORDER, SPOT),
    NATIVE(CANCEL_ORDER, ALL),
    MIXED(CANCEL_ORDERS, FUTURES, MARGINED),
    NATIVE(CANCEL_ALL_ORDERS, ALL),
    NATIVE(CANCEL_ALL_ORDERS_AFTER, SPOT),
    NATIVE(CANCEL_ORDER_LIST, MARGINED),
    NATIVE(CLOSE_POSITION, FUTURES),
    NATIVE(FETCH_ORDER, ALL),
    EMULATED(FETCH_ORDERS, ALL),
    NATIVE(FETCH_OPEN_ORDERS, ALL),
    EMULATED(FETCH_CLOSED_ORDERS, ALL),
    EMULATED(FETCH_CANCELED_ORDERS, ALL),
    NATIVE(FETCH_MY_TRADES, ALL),
    NATIVE(FETCH_ORDER_TRADES, ALL),
    NATIVE(FETCH_ORDER_LIST, MARGINED),
    EMULATED(FETCH_ORDER_LISTS, MARGINED),
    EMULATED(FETCH_OPEN_ORDER_LISTS, MARGINED),
    NATIVE(FETCH_BALANCES, ALL),
    MIXED(FETCH_BALANCE, SPOT | FUTURES, MARGIN),
    NATIVE(FETCH_ACCOUNTS, SPOT),
    NATIVE(FETCH_POSITIONS, FUTURES),
    NATIVE(FETCH_POSITION, FUTURES),
    NATIVE(FETCH_LEVERAGE, FUTURES),
    NATIVE(SET_LEVERAGE, MARGIN | FUTURES),
    NATIVE(FETCH_MARGIN_MODE, FUTURES),
    NATIVE(SET_MARGIN_MODE, FUTURES),
    NATIVE(FETCH_POSITION_MODE, FUTURES),
    NATIVE(SET_POSITION_MODE, FUTURES),
    NATIVE(ADD_MARGIN, FUTURES),
    NATIVE(REDUCE_MARGIN, FUTURES),
    NATIVE(FETCH_TRADING_FEE, SPOT | FUTURES),
    NATIVE(FETCH_TRADING_FEES, SPOT),
    NATIVE(FETCH_FUNDING_HISTORY, FUTURES),
    NATIVE(FETCH_LEDGER, ALL),
    NATIVE(FETCH_PERMISSIONS, SPOT | FUTURES),
    NATIVE(BORROW_MARGIN, MARGIN),
    NATIVE(REPAY_MARGIN, MARGIN),
    NATIVE(FETCH_LOANS, MARGIN),
    EMULATED(FETCH_BORROW_RATE_HISTORY, SPOT | CROSS),
    NATIVE(FETCH_BORROW_INTEREST, MARGIN),
    NATIVE(FETCH_BORROW_RATE, MARGIN),
    NATIVE(FETCH_BORROW_RATES, MARGIN),
    NATIVE(TRANSFER, SPOT | FUTURES),
    EMULATED(FETCH_TRANSFERS, SPOT),
    NATIVE(FETCH_DEPOSIT_ADDRESS, SPOT),
    NATIVE(FETCH_DEPOSIT_ADDRESSES, SPOT),
    NATIVE(CREATE_DEPOSIT_ADDRESS, SPOT),
    NATIVE(FETCH_DEPOSITS, SPOT),
    NATIVE(FETCH_WITHDRAWALS, SPOT),
    NATIVE(WITHDRAW, SPOT),
    NATIVE(FETCH_STREAM_TOKEN, MARGINED | FUTURES),
    NATIVE(WATCH_TICKER, SPOT | FUTURES),
    NATIVE(WATCH_TICKERS, SPOT | FUTURES),
    NATIVE(WATCH_BIDS_ASKS, SPOT | FUTURES),
    NATIVE(WATCH_ORDER_BOOK, SPOT | FUTURES),
    NATIVE(WATCH_TRADES, SPOT | FUTURES),
    NATIVE(WATCH_CANDLES, SPOT | FUTURES),
    NATIVE(WATCH_MARK_PRICE, FUTURES),
    NATIVE(WATCH_ORDERS, ALL),
    NATIVE(WATCH_MY_TRADES, ALL),
    NATIVE(WATCH_BALANCES, ALL),
    NATIVE(WATCH_POSITIONS, FUTURES),
};

/* --- Endpoints ---
 *
 * A row: operation, where it holds, weight, method and path, build, parse, and what else it has. */

#define B(name_) bourse__kucoin_build_##name_
#define P(name_) bourse__kucoin_parse_##name_
#define NONE     NULL

#define ROW(operation_, products_, security_, host_, pool_, weight_, method_, path_, build_, ...)          \
  {                                                                                                        \
    .operation = BOURSE_OP_##operation_, .products = (products_), .security = BOURSE_SECURITY_##security_, \
    .host = host_, .method = #method_, .path = path_, .costs = {{pool_, weight_}}, .build = build_,        \
    .parse = __VA_ARGS__                                                                                   \
  }
/* Public data; what the spot host has of an account; its management (wallets, fees); and the same of futures. */
#define OPEN(operation_, weight_, path_, build_, ...) \
  ROW(operation_, SPOT, PUBLIC, KUCOIN_SPOT, KUCOIN_PUBLIC, weight_, GET, path_, build_, __VA_ARGS__)
#define KEYED(operation_, products_, weight_, method_, path_, build_, ...) \
  ROW(operation_, products_, SIGNED, KUCOIN_SPOT, KUCOIN_SPOT_POOL, weight_, method_, path_, build_, __VA_ARGS__)
#define MANAGED(operation_, products_, weight_, method_, path_, build_, ...) \
  ROW(operation_, products_, SIGNED, KUCOIN_SPOT, KUCOIN_MANAGEMENT, weight_, method_, path_, build_, __VA_ARGS__)
#define FOPEN(operation_, weight_, path_, build_, ...) \
  ROW(operation_, FUTURES, PUBLIC, KUCOIN_FUTURES, KUCOIN_PUBLIC, weight_, GET, path_, build_, __VA_ARGS__)
#define FKEYED(operation_, weight_, method_, path_, build_, ...) \
  ROW(operation_, FUTURES, SIGNED, KUCOIN_FUTURES, KUCOIN_FUTURES_POOL, weight_, method_, path_, build_, __VA_ARGS__)
/* As a message over the socket of orders: its name is the method. */
#define MESSAGE(operation_, products_, pool_, weight_, name_, build_, ...)                                            \
  {                                                                                                                   \
    .operation = BOURSE_OP_##operation_, .products = (products_), .security = BOURSE_SECURITY_SIGNED,                 \
    .host = KUCOIN_SOCKET_ORDERS, .method = name_, .path = "", .costs = {{KUCOIN_##pool_, weight_}}, .build = build_, \
    .parse = __VA_ARGS__                                                                                              \
  }
/* Of the unified account: spot, cross margin and futures by one endpoint. */
#define UKEYED(operation_, products_, pool_, weight_, method_, path_, build_, ...)                               \
  ROW(operation_, products_, SIGNED, KUCOIN_SPOT, KUCOIN_##pool_, weight_, method_, "/api/ua/v1/" path_, build_, \
      __VA_ARGS__)
#define UB(name_) bourse__kucoin_unified_build_##name_
#define UP(name_) bourse__kucoin_unified_parse_##name_
#define FB(name_) bourse__kucoin_futures_build_##name_
#define FP(name_) bourse__kucoin_futures_parse_##name_

#define ACTS           .flags = BOURSE_ENDPOINT_ACTS
#define SETS           .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE
#define CANCELS        .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE | BOURSE_ENDPOINT_URGENT
#define URGENT         .flags = BOURSE_ENDPOINT_URGENT
#define VARIANT(name_) .variant = KUCOIN_##name_
#define AS(name_)      .variant = KUCOIN_##name_ | KUCOIN_OVER_SOCKET
#define UNIFIED        .variant = KUCOIN_UNIFIED
#define UNIFIED_DONE   .variant = KUCOIN_UNIFIED | KUCOIN_DONE
#define TRADED         (SPOT | CROSS | FUTURES)
#define SOCKET         BOURSE_ENDPOINT_SOCKET
#define PAGE(n_)       .page_max = (n_)

static const bourse_endpoint endpoints[] = {
    OPEN(FETCH_TIME, 3, "/api/v1/timestamp", NONE, P(time)),
    OPEN(FETCH_STATUS, 3, "/api/v1/status", NONE, P(status)),
    OPEN(FETCH_MARKETS, 4, "/api/v2/symbols", NONE, P(markets)),
    OPEN(FETCH_CURRENCIES, 3, "/api/v3/currencies", NONE, P(currencies)),
    OPEN(FETCH_TICKER, 15, "/api/v1/market/stats", B(symbol), P(ticker)),
    OPEN(FETCH_TICKERS, 15, "/api/v1/market/allTickers", NONE, P(tickers)),
    OPEN(FETCH_ORDER_BOOK, 2, "/api/v1/market/orderbook/level2_20", B(symbol), P(depth), VARIANT(TOP)),
    OPEN(FETCH_ORDER_BOOK, 4, "/api/v1/market/orderbook/level2_100", B(symbol), P(depth), VARIANT(PART)),
    KEYED(FETCH_ORDER_BOOK, SPOT, 3, GET, "/api/v3/market/orderbook/level2", B(symbol), P(depth)),
    OPEN(FETCH_TRADES, 3, "/api/v1/market/histories", B(symbol), P(trades)),
    OPEN(FETCH_CANDLES, 3, "/api/v1/market/candles", B(candles), P(candles), PAGE(1500)),
    OPEN(FETCH_MARK_PRICES, 10, "/api/v3/mark-price/all-symbols", NONE, P(mark_prices)),
    OPEN(FETCH_MARK_PRICES, 2, "/api/v1/mark-price/{symbol}/current", FB(one_market), P(mark_prices), VARIANT(ONE)),

    /* Spot and margin: orders. */
    KEYED(CREATE_ORDER, SPOT, 1, POST, "/api/v1/hf/orders", B(order), P(order), ACTS),
    KEYED(CREATE_ORDER, SPOT, 1, POST, "/api/v1/hf/orders/sync", B(order), P(order), ACTS, VARIANT(SYNC)),
    KEYED(CREATE_ORDER, SPOT, 1, POST, "/api/v1/hf/orders/test", B(order), P(order), SETS, VARIANT(TEST)),
    KEYED(CREATE_ORDER, SPOT, 1, POST, "/api/v1/stop-order", B(stop_order), P(order), ACTS, VARIANT(STOP)),
    KEYED(CREATE_ORDERS, SPOT, 1, POST, "/api/v1/hf/orders/multi", B(batch_orders), P(batch_orders), ACTS,
          VARIANT(BATCH)),
    KEYED(CREATE_ORDERS, SPOT, 1, POST, "/api/v1/hf/orders/multi/sync", B(batch_orders), P(batch_orders), ACTS,
          VARIANT(BATCH_SYNC)),
    KEYED(EDIT_ORDER, SPOT, 1, POST, "/api/v1/hf/orders/alter", B(amend), P(amend), ACTS),
    KEYED(CANCEL_ORDER, SPOT, 1, DELETE, "/api/v1/hf/orders/{orderId}", B(cancel), P(cancel), CANCELS),
    KEYED(CANCEL_ORDER, SPOT, 1, DELETE, "/api/v1/hf/orders/client-order/{clientOid}", B(cancel), P(cancel), CANCELS,
          VARIANT(CLIENT)),
    KEYED(CANCEL_ORDER, SPOT, 1, DELETE, "/api/v1/hf/orders/sync/{orderId}", B(cancel), P(cancel), CANCELS,
          VARIANT(SYNC)),
    KEYED(CANCEL_ORDER, SPOT, 1, DELETE, "/api/v1/hf/orders/sync/client-order/{clientOid}", B(cancel), P(cancel),
          CANCELS, VARIANT(CLIENT_SYNC)),
    KEYED(CANCEL_ORDER, SPOT, 3, DELETE, "/api/v1/stop-order/{orderId}", B(cancel_stop), P(cancel_stop), CANCELS,
          VARIANT(STOP)),
    KEYED(CANCEL_ORDER, SPOT, 5, DELETE, "/api/v1/stop-order/cancelOrderByClientOid", B(cancel_stop), P(cancel_stop),
          CANCELS, VARIANT(STOP_CLIENT)),
    KEYED(CANCEL_ALL_ORDERS, SPOT, 2, DELETE, "/api/v1/hf/orders", B(cancel_all), P(cancel_all), CANCELS),
    KEYED(CANCEL_ALL_ORDERS, SPOT, 30, DELETE, "/api/v1/hf/orders/cancelAll", NONE, P(cancel_all), CANCELS,
          VARIANT(EVERY)),
    KEYED(CANCEL_ALL_ORDERS, SPOT, 3, DELETE, "/api/v1/stop-order/cancel", B(cancel_all), P(cancel_stop), CANCELS,
          VARIANT(STOP)),
    KEYED(CANCEL_ALL_ORDERS_AFTER, SPOT, 2, POST, "/api/v1/hf/orders/dead-cancel-all", B(cancel_all_after),
          P(cancel_all_after), CANCELS),
    KEYED(FETCH_ORDER, SPOT, 2, GET, "/api/v1/hf/orders/{orderId}", B(query_order), P(query_order)),
    KEYED(FETCH_ORDER, SPOT, 2, GET, "/api/v1/hf/orders/client-order/{clientOid}", B(query_order), P(query_order),
          VARIANT(CLIENT)),
    KEYED(FETCH_ORDER, SPOT, 3, GET, "/api/v1/stop-order/{orderId}", B(query_stop), P(query_stop), VARIANT(STOP)),
    KEYED(FETCH_ORDER, SPOT, 3, GET, "/api/v1/stop-order/queryOrderByClientOid", B(query_stop), P(query_stop),
          VARIANT(STOP_CLIENT)),
    KEYED(FETCH_OPEN_ORDERS, SPOT, 2, GET, "/api/v1/hf/orders/active/symbols", B(symbols), P(symbols),
          VARIANT(SYMBOLS)),
    KEYED(FETCH_OPEN_ORDERS, SPOT, 2, GET, "/api/v1/hf/orders/active", B(open_orders), P(open_orders)),
    KEYED(FETCH_OPEN_ORDERS, SPOT, 2, GET, "/api/v1/hf/orders/done", B(done_orders), P(done_orders), VARIANT(DONE)),
    KEYED(FETCH_OPEN_ORDERS, SPOT, 8, GET, "/api/v1/stop-order", B(stop_orders), P(stop_orders), VARIANT(STOP)),
    KEYED(FETCH_MY_TRADES, SPOT, 2, GET, "/api/v1/hf/fills", B(fills), P(fills)),
    KEYED(CREATE_ORDER_LIST, SPOT, 2, POST, "/api/v3/oco/order", B(list), P(list), ACTS | BOURSE_ENDPOINT_BY_LIST),
    KEYED(CANCEL_ORDER_LIST, SPOT, 3, DELETE, "/api/v3/oco/order/{orderId}", B(cancel_list), P(cancel_list), CANCELS),
    KEYED(CANCEL_ORDER_LIST, SPOT, 3, DELETE, "/api/v3/oco/client-order/{clientOid}", B(cancel_list), P(cancel_list),
          CANCELS, VARIANT(CLIENT)),
    KEYED(CANCEL_ALL_ORDERS, SPOT, 3, DELETE, "/api/v3/oco/orders", B(cancel_all), P(cancel_lists), CANCELS,
          VARIANT(PAIRS)),
    KEYED(FETCH_ORDER_LIST, SPOT, 2, GET, "/api/v3/oco/order/details/{orderId}", B(query_list), P(query_list)),
    KEYED(FETCH_ORDER_LIST, SPOT, 2, GET, "/api/v3/oco/client-order/{clientOid}", B(query_list), P(query_list),
          VARIANT(CLIENT)),
    KEYED(FETCH_ORDER_LISTS, SPOT, 2, GET, "/api/v3/oco/orders", B(lists), P(lists)),

    KEYED(CREATE_ORDER, MARGIN, 2, POST, "/api/v3/hf/margin/order", B(order), P(order), ACTS),
    KEYED(CREATE_ORDER, MARGIN, 2, POST, "/api/v3/hf/margin/order/test", B(order), P(order), SETS, VARIANT(TEST)),
    KEYED(CREATE_ORDER, MARGIN, 2, POST, "/api/v3/hf/margin/stop-order", B(stop_order), P(order), ACTS, VARIANT(STOP)),
    KEYED(CANCEL_ORDER, MARGIN, 2, DELETE, "/api/v3/hf/margin/orders/{orderId}", B(cancel), P(cancel), CANCELS),
    KEYED(CANCEL_ORDER, MARGIN, 2, DELETE, "/api/v3/hf/margin/orders/client-order/{clientOid}", B(cancel), P(cancel),
          CANCELS, VARIANT(CLIENT)),
    KEYED(CANCEL_ORDER, MARGIN, 2, DELETE, "/api/v3/hf/margin/stop-order/cancel-by-id", B(cancel_stop), P(cancel_stop),
          CANCELS, VARIANT(STOP)),
    KEYED(CANCEL_ORDER, MARGIN, 2, DELETE, "/api/v3/hf/margin/stop-order/cancel-by-clientOid", B(cancel_stop),
          P(cancel_stop), CANCELS, VARIANT(STOP_CLIENT)),
    KEYED(CANCEL_ALL_ORDERS, MARGIN, 5, GET, "/api/v3/hf/margin/order/active/symbols", B(symbols), P(symbols), URGENT,
          VARIANT(SYMBOLS)),
    KEYED(CANCEL_ALL_ORDERS, MARGIN, 5, DELETE, "/api/v3/hf/margin/orders", B(cancel_all), P(cancel_all), CANCELS),
    KEYED(CANCEL_ALL_ORDERS, MARGIN, 5, DELETE, "/api/v3/hf/margin/stop-order/cancel", B(cancel_all), P(cancel_stop),
          CANCELS, VARIANT(STOP)),
    KEYED(FETCH_ORDER, MARGIN, 5, GET, "/api/v3/hf/margin/orders/{orderId}", B(query_order), P(query_order)),
    KEYED(FETCH_ORDER, MARGIN, 5, GET, "/api/v3/hf/margin/orders/client-order/{clientOid}", B(query_order),
          P(query_order), VARIANT(CLIENT)),
    KEYED(FETCH_ORDER, MARGIN, 5, GET, "/api/v3/hf/margin/stop-order/orderId", B(query_stop), P(query_stop),
          VARIANT(STOP)),
    KEYED(FETCH_ORDER, MARGIN, 5, GET, "/api/v3/hf/margin/stop-order/clientOid", B(query_stop), P(query_stop),
          VARIANT(STOP_CLIENT)),
    KEYED(FETCH_OPEN_ORDERS, MARGIN, 4, GET, "/api/v3/hf/margin/order/active/symbols", B(symbols), P(symbols),
          VARIANT(SYMBOLS)),
    KEYED(FETCH_OPEN_ORDERS, MARGIN, 4, GET, "/api/v3/hf/margin/orders/active", B(open_orders), P(open_orders)),
    KEYED(FETCH_OPEN_ORDERS, MARGIN, 10, GET, "/api/v3/hf/margin/orders/done", B(done_orders), P(done_orders),
          VARIANT(DONE)),
    KEYED(FETCH_OPEN_ORDERS, MARGIN, 10, GET, "/api/v3/hf/margin/stop-orders", B(stop_orders), P(stop_orders),
          VARIANT(STOP)),
    KEYED(FETCH_MY_TRADES, MARGIN, 5, GET, "/api/v3/hf/margin/fills", B(fills), P(fills)),
    KEYED(CREATE_ORDER_LIST, MARGIN, 2, POST, "/api/v3/hf/margin/oco-order", B(list), P(list),
          ACTS | BOURSE_ENDPOINT_BY_LIST),
    KEYED(CANCEL_ORDER_LIST, MARGIN, 3, DELETE, "/api/v3/hf/margin/oco-order/cancel-by-id", B(cancel_list),
          P(cancel_list), CANCELS),
    KEYED(CANCEL_ORDER_LIST, MARGIN, 3, DELETE, "/api/v3/hf/margin/oco-order/cancel-by-clientOid", B(cancel_list),
          P(cancel_list), CANCELS, VARIANT(CLIENT)),
    KEYED(CANCEL_ALL_ORDERS, MARGIN, 3, DELETE, "/api/v3/hf/margin/oco-order/cancel", B(cancel_all), P(cancel_lists),
          CANCELS, VARIANT(PAIRS)),
    KEYED(FETCH_ORDER_LIST, MARGIN, 2, GET, "/api/v3/hf/margin/oco-order/detail/orderId", B(query_list), P(query_list)),
    KEYED(FETCH_ORDER_LIST, MARGIN, 2, GET, "/api/v3/hf/margin/oco-order/clientOid", B(query_list), P(query_list),
          VARIANT(CLIENT)),
    KEYED(FETCH_ORDER_LISTS, MARGIN, 2, GET, "/api/v3/hf/margin/oco-orders", B(lists), P(lists)),

    /* The same as messages. */
    MESSAGE(CREATE_ORDER, SPOT, SPOT_POOL, 1, "spot.order", B(order), P(order), ACTS | SOCKET, AS(USUAL)),
    MESSAGE(CREATE_ORDER, SPOT, SPOT_POOL, 1, "spot.sync_order", B(order), P(order), ACTS | SOCKET, AS(SYNC)),
    MESSAGE(EDIT_ORDER, SPOT, SPOT_POOL, 1, "spot.modify", B(amend), P(amend), ACTS | SOCKET, AS(USUAL)),
    MESSAGE(CANCEL_ORDER, SPOT, SPOT_POOL, 1, "spot.cancel", B(cancel), P(cancel), CANCELS | SOCKET, AS(USUAL)),
    MESSAGE(CANCEL_ORDER, SPOT, SPOT_POOL, 1, "spot.cancel", B(cancel), P(cancel), CANCELS | SOCKET, AS(CLIENT)),
    MESSAGE(CANCEL_ORDER, SPOT, SPOT_POOL, 1, "spot.sync_cancel", B(cancel), P(cancel), CANCELS | SOCKET, AS(SYNC)),
    MESSAGE(CANCEL_ORDER, SPOT, SPOT_POOL, 1, "spot.sync_cancel", B(cancel), P(cancel), CANCELS | SOCKET,
            AS(CLIENT_SYNC)),
    MESSAGE(CREATE_ORDER, MARGIN, SPOT_POOL, 2, "margin.order", B(order), P(order), ACTS | SOCKET, AS(USUAL)),
    MESSAGE(CANCEL_ORDER, MARGIN, SPOT_POOL, 2, "margin.cancel", B(cancel), P(cancel), CANCELS | SOCKET, AS(USUAL)),
    MESSAGE(CANCEL_ORDER, MARGIN, SPOT_POOL, 2, "margin.cancel", B(cancel), P(cancel), CANCELS | SOCKET, AS(CLIENT)),
    MESSAGE(CREATE_ORDER, FUTURES, FUTURES_POOL, 2, "futures.order", FB(order), FP(order), ACTS | SOCKET, AS(USUAL)),
    MESSAGE(CANCEL_ORDER, FUTURES, FUTURES_POOL, 1, "futures.cancel", FB(cancel), FP(cancel), CANCELS | SOCKET,
            AS(USUAL)),
    MESSAGE(CANCEL_ORDER, FUTURES, FUTURES_POOL, 1, "futures.cancel", FB(cancel), FP(cancel), CANCELS | SOCKET,
            AS(CLIENT)),
    MESSAGE(CREATE_ORDERS, FUTURES, FUTURES_POOL, 20, "futures.multi_order", FB(batch_orders), FP(batch), ACTS | SOCKET,
            AS(USUAL)),
    MESSAGE(CANCEL_ORDERS, FUTURES, FUTURES_POOL, 20, "futures.multi_cancel", FB(batch_cancel), FP(batch),
            CANCELS | SOCKET, AS(USUAL)),

    /* Spot and margin: the account. */
    MANAGED(FETCH_BALANCES, SPOT, 5, GET, "/api/v1/accounts", B(balances), P(balances)),
    MANAGED(FETCH_BALANCES, SPOT, 5, GET, "/api/v1/accounts", B(balances), P(balances), VARIANT(EVERY)),
    MANAGED(FETCH_ACCOUNTS, ALL, 5, GET, "/api/v1/accounts", B(balances), P(balances)),
    KEYED(FETCH_BALANCES, CROSS, 15, GET, "/api/v3/margin/accounts", B(margin_balances), P(cross_balances)),
    KEYED(FETCH_BALANCES, ISOLATED, 15, GET, "/api/v3/isolated/accounts", B(margin_balances), P(isolated_balances)),
    KEYED(FETCH_TRADING_FEES, MARGINED, 3, GET, "/api/v1/trade-fees", B(fees), P(fees)),
    KEYED(FETCH_LEDGER, SPOT, 2, GET, "/api/v1/hf/accounts/ledgers", B(ledger), P(ledger)),
    MANAGED(FETCH_LEDGER, SPOT, 2, GET, "/api/v1/accounts/ledgers", B(accounts_ledger), P(accounts_ledger),
            VARIANT(EVERY)),
    KEYED(FETCH_LEDGER, MARGIN, 2, GET, "/api/v3/hf/margin/account/ledgers", B(ledger), P(ledger)),
    MANAGED(FETCH_PERMISSIONS, ALL, 20, GET, "/api/v1/user/api-key", NONE, P(permissions)),
    KEYED(BORROW_MARGIN, MARGINED, 15, POST, "/api/v3/margin/borrow", B(borrow), P(loan), ACTS),
    KEYED(REPAY_MARGIN, MARGINED, 10, POST, "/api/v3/margin/repay", B(borrow), P(loan), ACTS),
    KEYED(FETCH_LOANS, MARGINED, 15, GET, "/api/v3/margin/borrow", B(loans), P(loans)),
    KEYED(FETCH_LOANS, MARGINED, 15, GET, "/api/v3/margin/repay", B(loans), P(loans), VARIANT(REPAID)),
    KEYED(FETCH_BORROW_INTEREST, MARGINED, 20, GET, "/api/v3/margin/interest", B(interest), P(interest)),
    KEYED(FETCH_BORROW_RATES, MARGINED, 20, GET, "/api/v3/margin/borrowRate", B(borrow_rates), P(borrow_rates)),
    KEYED(SET_LEVERAGE, MARGIN, 8, POST, "/api/v3/position/update-user-leverage", B(leverage), P(receipt), SETS),
    MANAGED(TRANSFER, ALL, 4, POST, "/api/v3/accounts/universal-transfer", B(transfer), P(transfer), ACTS),
    MANAGED(FETCH_TRANSFERS, ALL, 2, GET, "/api/v1/accounts/ledgers", B(transfers), P(transfers)),
    MANAGED(FETCH_DEPOSIT_ADDRESS, ALL, 5, GET, "/api/v3/deposit-addresses", B(address), P(addresses)),
    MANAGED(CREATE_DEPOSIT_ADDRESS, ALL, 20, POST, "/api/v3/deposit-address/create", B(address), P(addresses), ACTS),
    MANAGED(FETCH_DEPOSITS, ALL, 5, GET, "/api/v1/deposits", B(transactions), P(transactions)),
    MANAGED(FETCH_WITHDRAWALS, ALL, 20, GET, "/api/v1/withdrawals", B(transactions), P(transactions)),
    MANAGED(WITHDRAW, ALL, 5, POST, "/api/v3/withdrawals", B(withdraw), P(withdraw), ACTS),
    KEYED(FETCH_STREAM_TOKEN, MARGINED, 10, POST, "/api/v1/bullet-private", NONE, P(stream_token)),
    ROW(FETCH_STREAM_TOKEN, MARGINED, PUBLIC, KUCOIN_SPOT, KUCOIN_PUBLIC, 10, POST, "/api/v1/bullet-public", NONE,
        P(stream_token), VARIANT(OPEN)),

    FOPEN(FETCH_TIME, 2, "/api/v1/timestamp", NONE, P(time)),
    FOPEN(FETCH_STATUS, 4, "/api/v1/status", NONE, P(status)),
    FOPEN(FETCH_MARKETS, 3, "/api/v1/contracts/active", NONE, FP(markets)),
    FOPEN(FETCH_TICKER, 2, "/api/v1/ticker", B(symbol), FP(tickers)),
    FOPEN(FETCH_TICKERS, 3, "/api/v1/contracts/active", NONE, FP(contracts)),
    FOPEN(FETCH_BIDS_ASKS, 5, "/api/v1/allTickers", NONE, FP(tickers)),
    FOPEN(FETCH_ORDER_BOOK, 5, "/api/v1/level2/depth20", B(symbol), P(depth), VARIANT(TOP)),
    FOPEN(FETCH_ORDER_BOOK, 10, "/api/v1/level2/depth100", B(symbol), P(depth), VARIANT(PART)),
    FOPEN(FETCH_ORDER_BOOK, 3, "/api/v1/level2/snapshot", B(symbol), P(depth)),
    FOPEN(FETCH_TRADES, 5, "/api/v1/trade/history", B(symbol), FP(trades)),
    FOPEN(FETCH_CANDLES, 3, "/api/v1/kline/query", FB(candles), FP(candles), PAGE(200)),
    ROW(FETCH_CANDLES, FUTURES, PUBLIC, KUCOIN_SPOT, KUCOIN_PUBLIC, 3, GET, "/api/ua/v1/market/kline",
        FB(price_candles), FP(price_candles), PAGE(1500), VARIANT(PRICES)),
    FOPEN(FETCH_MARK_PRICES, 3, "/api/v1/mark-price/{symbol}/current", FB(one_market), FP(mark_price)),
    FOPEN(FETCH_FUNDING_RATE, 2, "/api/v1/funding-rate/{symbol}/current", FB(one_market), FP(funding_rate)),
    FOPEN(FETCH_FUNDING_RATE_HISTORY, 5, "/api/v1/contract/funding-rates", FB(funding_history), FP(funding_history)),
    FOPEN(FETCH_OPEN_INTEREST, 3, "/api/v1/contracts/{symbol}", FB(one_market), FP(contracts)),
    ROW(FETCH_OPEN_INTEREST_HISTORY, FUTURES, PUBLIC, KUCOIN_SPOT, KUCOIN_PUBLIC, 10, GET,
        "/api/ua/v1/market/open-interest", FB(interest_history), FP(interest_history), PAGE(200)),
    FOPEN(FETCH_LEVERAGE_TIERS, 5, "/api/v1/contracts/risk-limit/{symbol}", FB(one_market), FP(leverage_tiers)),

    FKEYED(CREATE_ORDER, 2, POST, "/api/v1/orders", FB(order), FP(order), ACTS),
    FKEYED(CREATE_ORDER, 2, POST, "/api/v1/orders/test", FB(order), FP(order), SETS, VARIANT(TEST)),
    FKEYED(CREATE_ORDER, 2, POST, "/api/v1/st-orders", FB(order), FP(order), ACTS, VARIANT(ATTACHED)),
    FKEYED(CREATE_ORDERS, 20, POST, "/api/v1/orders/multi", FB(batch_orders), FP(batch), ACTS),
    FKEYED(CANCEL_ORDER, 1, DELETE, "/api/v1/orders/{orderId}", FB(cancel), FP(cancel), CANCELS),
    FKEYED(CANCEL_ORDER, 1, DELETE, "/api/v1/orders/client-order/{clientOid}", FB(cancel), FP(cancel), CANCELS,
           VARIANT(CLIENT)),
    FKEYED(CANCEL_ORDERS, 20, DELETE, "/api/v1/orders/multi-cancel", FB(batch_cancel), FP(batch), CANCELS),
    FKEYED(CANCEL_ALL_ORDERS, 10, DELETE, "/api/v3/orders", FB(cancel_all), FP(canceled_all), CANCELS),
    FKEYED(CANCEL_ALL_ORDERS, 800, DELETE, "/api/v1/orders", FB(cancel_all), FP(canceled_all), CANCELS, VARIANT(EVERY)),
    FKEYED(CANCEL_ALL_ORDERS, 15, DELETE, "/api/v1/stopOrders", FB(cancel_all), FP(canceled_all), CANCELS,
           VARIANT(STOP)),
    FKEYED(CLOSE_POSITION, 2, POST, "/api/v1/orders", FB(close_position), FP(closed_position),
           .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_URGENT),
    FKEYED(FETCH_ORDER, 5, GET, "/api/v1/orders/{orderId}", FB(query_order), FP(query_order)),
    FKEYED(FETCH_ORDER, 5, GET, "/api/v1/orders/byClientOid", FB(query_order), FP(query_order), VARIANT(CLIENT)),
    FKEYED(FETCH_OPEN_ORDERS, 2, GET, "/api/v1/orders", FB(orders), FP(orders)),
    FKEYED(FETCH_OPEN_ORDERS, 2, GET, "/api/v1/orders", FB(orders), FP(orders), VARIANT(DONE)),
    FKEYED(FETCH_OPEN_ORDERS, 6, GET, "/api/v1/stopOrders", FB(orders), FP(orders), VARIANT(STOP)),
    FKEYED(FETCH_MY_TRADES, 5, GET, "/api/v1/fills", FB(fills), FP(fills)),
    FKEYED(FETCH_BALANCES, 5, GET, "/api/v1/account-overview", FB(balances), FP(balances)),
    FKEYED(FETCH_POSITIONS, 2, GET, "/api/v1/positions", NONE, FP(positions)),
    FKEYED(FETCH_POSITIONS, 2, GET, "/api/v2/position", B(symbol), FP(positions), VARIANT(ONE)),
    FKEYED(FETCH_LEVERAGE, 2, GET, "/api/v2/getCrossUserLeverage", B(symbol), FP(leverage)),
    FKEYED(SET_LEVERAGE, 2, POST, "/api/v2/changeCrossUserLeverage", FB(set_leverage), P(receipt), SETS),
    FKEYED(FETCH_MARGIN_MODE, 2, GET, "/api/v2/position/getMarginMode", B(symbol), FP(margin_mode)),
    FKEYED(SET_MARGIN_MODE, 2, POST, "/api/v2/position/changeMarginMode", FB(set_margin_mode), P(receipt), SETS),
    FKEYED(FETCH_POSITION_MODE, 2, GET, "/api/v2/position/getPositionMode", NONE, FP(position_mode)),
    FKEYED(SET_POSITION_MODE, 2, POST, "/api/v2/position/switchPositionMode", FB(set_position_mode), P(receipt), SETS),
    FKEYED(ADD_MARGIN, 4, POST, "/api/v1/position/margin/deposit-margin", FB(add_margin), P(receipt), ACTS),
    FKEYED(REDUCE_MARGIN, 10, POST, "/api/v1/margin/withdrawMargin", FB(reduce_margin), P(receipt), ACTS),
    FKEYED(FETCH_TRADING_FEES, 3, GET, "/api/v1/trade-fees", B(fees), P(fees)),
    FKEYED(FETCH_FUNDING_HISTORY, 5, GET, "/api/v1/funding-history", FB(funding_paid), FP(funding_paid), PAGE(100)),
    FKEYED(FETCH_LEDGER, 2, GET, "/api/v1/transaction-history", FB(ledger), FP(ledger)),
    FKEYED(FETCH_STREAM_TOKEN, 10, POST, "/api/v1/bullet-private", NONE, P(stream_token)),
    ROW(FETCH_STREAM_TOKEN, FUTURES, PUBLIC, KUCOIN_FUTURES, KUCOIN_PUBLIC, 10, POST, "/api/v1/bullet-public", NONE,
        P(stream_token), VARIANT(OPEN)),

    UKEYED(CREATE_ORDER, TRADED, UNIFIED_POOL, 1, POST, "unified/order/place", UB(order), FP(order), ACTS, UNIFIED),
    UKEYED(CREATE_ORDERS, TRADED, UNIFIED_POOL, 4, POST, "unified/order/place-batch", UB(batch_orders), UP(batch), ACTS,
           UNIFIED),
    UKEYED(CANCEL_ORDER, TRADED, UNIFIED_POOL, 1, POST, "unified/order/cancel", UB(one_order), FP(cancel), CANCELS,
           UNIFIED),
    UKEYED(CANCEL_ORDERS, TRADED, UNIFIED_POOL, 4, POST, "unified/order/cancel-batch", UB(batch_cancel), UP(batch),
           CANCELS, UNIFIED),
    UKEYED(CANCEL_ALL_ORDERS, TRADED, UNIFIED_POOL, 20, POST, "unified/order/cancel-all", UB(cancel_all),
           UP(cancel_all), CANCELS, UNIFIED),
    UKEYED(CANCEL_ALL_ORDERS_AFTER, SPOT, UNIFIED_POOL, 2, POST, "dcp/set", UB(cancel_all_after), P(cancel_all_after),
           CANCELS, UNIFIED),
    UKEYED(FETCH_ORDER, TRADED, MANAGEMENT, 4, GET, "unified/order/detail", UB(one_order), UP(one_order), UNIFIED),
    UKEYED(FETCH_OPEN_ORDERS, TRADED, MANAGEMENT, 4, GET, "unified/order/open-list", UB(open_orders), UP(open_orders),
           UNIFIED),
    UKEYED(FETCH_OPEN_ORDERS, TRADED, MANAGEMENT, 4, GET, "unified/order/history", UB(past), UP(past_orders),
           UNIFIED_DONE),
    UKEYED(FETCH_MY_TRADES, TRADED, MANAGEMENT, 4, GET, "unified/order/execution", UB(past), UP(fills), UNIFIED),
    UKEYED(FETCH_BALANCES, TRADED, MANAGEMENT, 5, GET, "unified/account/balance", NONE, UP(balances), UNIFIED),
    UKEYED(FETCH_POSITIONS, FUTURES, MANAGEMENT, 3, GET, "unified/position/open-list", UB(positions), UP(positions),
           UNIFIED),
    UKEYED(SET_LEVERAGE, FUTURES, MANAGEMENT, 20, POST, "unified/account/modify-leverage", FB(set_leverage), P(receipt),
           SETS, UNIFIED),
    UKEYED(FETCH_TRADING_FEES, TRADED, MANAGEMENT, 3, GET, "user/fee-rate", UB(fees), UP(fees), UNIFIED),
    UKEYED(FETCH_LEDGER, TRADED, MANAGEMENT, 2, GET, "account/ledger", UB(ledger), UP(ledger), UNIFIED),
    UKEYED(TRANSFER, ALL, MANAGEMENT, 4, POST, "account/transfer", B(transfer), P(transfer), ACTS, UNIFIED),
    ROW(FETCH_STREAM_TOKEN, TRADED, SIGNED, KUCOIN_SPOT, KUCOIN_MANAGEMENT, 10, POST, "/api/v2/bullet-private", NONE,
        UP(stream_token), UNIFIED),
};

/* clang-format on */

/* 1 when it is one of ours. */
static int32_t read_setting(void *handle, const bourse_param *setting) {
  bourse__kucoin_state *state = handle;
  if (strcmp(setting->name, "key_version") == 0) {
    state->key_version = setting->value[0] == '2' ? 2 : 3;
    return strcmp(setting->value, "2") == 0 || strcmp(setting->value, "3") == 0;
  }
  if (strcmp(setting->name, "account") == 0) {
    state->unified = strcmp(setting->value, "unified") == 0 ? BOURSE_YES : BOURSE_NO;
    return state->unified > 0 || strcmp(setting->value, "classic") == 0;
  }
  if (strcmp(setting->name, "sync") != 0) return 0;
  state->sync = strcmp(setting->value, "yes") == 0 ? BOURSE_YES : BOURSE_NO;
  return state->sync > 0 || strcmp(setting->value, "no") == 0;
}

static int32_t open_handle(bourse_open_call *call) {
  bourse__kucoin_state *state = call->state;
  state->key_version = 3;
  state->keyed = call->signer != NULL ? BOURSE_YES : BOURSE_NO;
  int32_t code = bourse_read_settings(call, read_setting,
                                      "are key_version = 2 or 3, sync = yes or no, and account = classic or unified");
  return code == BOURSE_OK ? bourse_need_key(call, 1u << BOURSE_KEY_HMAC, "secrets for HMAC") : code;
}

const bourse_adapter bourse__kucoin_adapter = {
    .struct_size = sizeof(bourse_adapter),
    .api_version = BOURSE_API_VERSION,
    .name = "kucoin",
    .title = "KuCoin",
    .hosts = hosts,
    .host_count = KUCOIN_HOSTS,
    .capabilities = capabilities,
    .capability_count = COUNT(capabilities),
    .endpoints = endpoints,
    .endpoint_count = COUNT(endpoints),
    .limits = limits,
    .limit_count = KUCOIN_LIMITS,
    .products = ALL,
    .together = FUTURES,
    .replaces = MARGIN | FUTURES,
    .state_size = sizeof(bourse__kucoin_state),
    .secret_encoding = BOURSE_SECRET_TEXT,
    .needs_passphrase = BOURSE_YES,
    .client_id_format = BOURSE_CLIENT_ID_TEXT,
    .client_id_max = 40,
    .client_id_extra = "-_",
    .forgets_conditional = BOURSE_YES, /* a stop order is NEW or TRIGGERED */
    .not_found_grace_ms = 10000, /* a request older than five seconds is refused; new orders are not seen at once */
    .stream = &bourse__kucoin_stream,
    .open = open_handle,
    .route = bourse__kucoin_route,
    .sign = bourse__kucoin_sign,
    .error = bourse__kucoin_error,
};
