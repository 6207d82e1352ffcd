/* exchange/binance/adapter.c - the tables: hosts, rate budgets, capabilities, endpoints; and opening a handle. */
#include <stdio.h>
#include <string.h>

#include "exchange/binance/stream.h"

#define COUNT(array_) ((uint32_t)(sizeof(array_) / sizeof((array_)[0])))

static const bourse_host hosts[BINANCE_HOSTS] = {
    [BINANCE_API] = {"api", "https://api.binance.com", "https://testnet.binance.vision",
                     "https://demo-api.binance.com"},
    [BINANCE_SAPI] = {"sapi", "https://api.binance.com", NULL, NULL},
    [BINANCE_FAPI] = {"fapi", "https://fapi.binance.com", "https://demo-fapi.binance.com",
                      "https://demo-fapi.binance.com"},
    [BINANCE_DAPI] = {"dapi", "https://dapi.binance.com", "https://demo-dapi.binance.com",
                      "https://demo-dapi.binance.com"},
    [BINANCE_WS] = {"ws", "wss://stream.binance.com:9443", "wss://stream.testnet.binance.vision",
                    "wss://demo-stream.binance.com"},
    [BINANCE_WS_API] = {"ws-api", "wss://ws-api.binance.com:443", "wss://ws-api.testnet.binance.vision",
                        "wss://demo-ws-api.binance.com"},
    [BINANCE_FSTREAM] = {"fstream", "wss://fstream.binance.com", "wss://fstream.binancefuture.com",
                         "wss://fstream.binancefuture.com"},
    [BINANCE_WS_FAPI] = {"ws-fapi", "wss://ws-fapi.binance.com", "wss://testnet.binancefuture.com",
                         "wss://testnet.binancefuture.com"},
    [BINANCE_DSTREAM] = {"dstream", "wss://dstream.binance.com", "wss://dstream.binancefuture.com",
                         "wss://dstream.binancefuture.com"},
};

#define WINDOW  BOURSE_LIMIT_WINDOW
#define ADDRESS BOURSE_LIMIT_PER_ADDRESS
#define ACCOUNT BOURSE_LIMIT_PER_ACCOUNT

/* What market lists do not tell; the rest is learned from them. The futures budgets are those of fapi and dapi
 * together. On /sapi every endpoint has a budget of its own and the headers tell of that one only, so ours, shared by
 * all, is the careful reading and does not follow the headers. */
static const bourse_limit limits[BINANCE_LIMITS] = {
    [BINANCE_SPOT_WEIGHT] = {"spot weight", 6000, 60 * BINANCE_SECOND, ADDRESS, WINDOW, 10, "x-mbx-used-weight-1m"},
    [BINANCE_SPOT_ORDERS_10S] = {"spot orders 10s", 50, 10 * BINANCE_SECOND, ACCOUNT, WINDOW, 0,
                                 "x-mbx-order-count-10s"},
    [BINANCE_SPOT_ORDERS_1D] = {"spot orders 1d", 160000, BINANCE_DAY, ACCOUNT, WINDOW, 0, "x-mbx-order-count-1d"},
    [BINANCE_FUTURES_WEIGHT] = {"futures weight", 2400, 60 * BINANCE_SECOND, ADDRESS, WINDOW, 10,
                                "x-mbx-used-weight-1m"},
    [BINANCE_FUTURES_ORDERS_10S] = {"futures orders 10s", 300, 10 * BINANCE_SECOND, ACCOUNT, WINDOW, 10,
                                    "x-mbx-order-count-10s"},
    [BINANCE_FUTURES_ORDERS_1M] = {"futures orders 1m", 1200, 60 * BINANCE_SECOND, ACCOUNT, WINDOW, 10,
                                   "x-mbx-order-count-1m"},
    [BINANCE_SAPI_ADDRESS] = {"sapi address", 12000, 60 * BINANCE_SECOND, ADDRESS, WINDOW, 10, NULL},
    [BINANCE_SAPI_ACCOUNT] = {"sapi account", 180000, 60 * BINANCE_SECOND, ACCOUNT, WINDOW, 10, NULL},
    [BINANCE_FUNDING_CALLS] = {"funding history", 500, 300 * BINANCE_SECOND, ADDRESS, WINDOW, 0, NULL},
    [BINANCE_DATA_CALLS] = {"futures data", 1000, 300 * BINANCE_SECOND, ADDRESS, WINDOW, 0, NULL},
};

/* clang-format off: rows stay rows */
#define NATIVE(operation_, products_) \
  { BOURSE_OP_##operation_, BOURSE_FOR_##products_, 0 }
#define EMULATED(operation_, products_) \
  { BOURSE_OP_##operation_, 0, BOURSE_FOR_##products_ }
#define MIXED(operation_, native_, emulated_) \
  { BOURSE_OP_##operation_, (native_), (emulated_) }
#define SPOT                    BOURSE_FOR_SPOT
#define MARGIN                  BOURSE_FOR_MARGIN
#define FUTURES                 BOURSE_FOR_FUTURES
#define LINEAR                  BOURSE_FOR_LINEAR
#define INVERSE                 BOURSE_FOR_INVERSE
#define BOURSE_FOR_BINANCE      (SPOT | MARGIN | FUTURES)
#define BOURSE_FOR_BINANCE_SPOT (SPOT | MARGIN)
#define BOURSE_FOR_MARKETS      (SPOT | FUTURES) /* what is public knows no margin */

/* Emulated: made of several requests, or picked out of a longer reply. */
static const bourse_capability capabilities[] = {
    NATIVE(FETCH_TIME, MARKETS),
    NATIVE(FETCH_STATUS, MARKETS),
    NATIVE(FETCH_MARKETS, MARKETS),
    NATIVE(FETCH_CURRENCIES, MARKETS),
    NATIVE(FETCH_TICKER, MARKETS),
    NATIVE(FETCH_TICKERS, MARKETS),
    NATIVE(FETCH_BIDS_ASKS, MARKETS),
    NATIVE(FETCH_LAST_PRICES, MARKETS),
    NATIVE(FETCH_ORDER_BOOK, MARKETS),
    NATIVE(FETCH_TRADES, MARKETS),
    NATIVE(FETCH_CANDLES, MARKETS),
    NATIVE(FETCH_MARK_PRICES, FUTURES),
    NATIVE(FETCH_FUNDING_RATE, FUTURES),
    NATIVE(FETCH_FUNDING_RATES, FUTURES),
    NATIVE(FETCH_FUNDING_RATE_HISTORY, FUTURES),
    NATIVE(FETCH_FUNDING_INTERVALS, FUTURES),
    NATIVE(FETCH_OPEN_INTEREST, FUTURES),
    NATIVE(FETCH_OPEN_INTEREST_HISTORY, FUTURES),
    NATIVE(FETCH_LEVERAGE_TIERS, FUTURES),
    NATIVE(FETCH_BALANCES, BINANCE),
    MIXED(FETCH_BALANCE, SPOT, MARGIN | FUTURES),
    NATIVE(FETCH_POSITIONS, FUTURES),
    MIXED(FETCH_POSITION, LINEAR, INVERSE),
    NATIVE(FETCH_LEVERAGES, FUTURES),
    MIXED(FETCH_LEVERAGE, LINEAR, INVERSE),
    MIXED(FETCH_MARGIN_MODE, LINEAR, INVERSE),
    NATIVE(SET_LEVERAGE, FUTURES),
    NATIVE(SET_MARGIN_MODE, FUTURES),
    NATIVE(FETCH_POSITION_MODE, FUTURES),
    NATIVE(SET_POSITION_MODE, FUTURES),
    NATIVE(SET_MULTI_ASSETS_MODE, LINEAR),
    NATIVE(ADD_MARGIN, FUTURES),
    NATIVE(REDUCE_MARGIN, FUTURES),
    NATIVE(FETCH_TRADING_FEE, BINANCE),
    NATIVE(FETCH_TRADING_FEES, BINANCE),
    NATIVE(FETCH_FUNDING_HISTORY, FUTURES),
    MIXED(FETCH_LEDGER, MARGIN | FUTURES, 0),
    NATIVE(FETCH_PERMISSIONS, BINANCE),
    NATIVE(CREATE_ORDER, BINANCE),
    MIXED(CREATE_ORDERS, FUTURES, SPOT | MARGIN),
    MIXED(CREATE_ORDER_LIST, SPOT | MARGIN, 0),
    MIXED(EDIT_ORDER, SPOT | FUTURES, 0),
    NATIVE(EDIT_ORDERS, FUTURES),
    NATIVE(CANCEL_ORDER, BINANCE),
    MIXED(CANCEL_ORDERS, FUTURES, SPOT | MARGIN),
    NATIVE(CANCEL_ALL_ORDERS, BINANCE),
    NATIVE(CANCEL_ALL_ORDERS_AFTER, FUTURES),
    MIXED(CANCEL_ORDER_LIST, SPOT | MARGIN, 0),
    EMULATED(CLOSE_POSITION, FUTURES),
    NATIVE(FETCH_ORDER, BINANCE),
    NATIVE(FETCH_ORDERS, BINANCE),
    NATIVE(FETCH_OPEN_ORDERS, BINANCE),
    EMULATED(FETCH_CLOSED_ORDERS, BINANCE),
    EMULATED(FETCH_CANCELED_ORDERS, BINANCE),
    NATIVE(FETCH_MY_TRADES, BINANCE),
    NATIVE(FETCH_ORDER_TRADES, BINANCE),
    MIXED(FETCH_ORDER_LIST, SPOT | MARGIN, 0),
    MIXED(FETCH_ORDER_LISTS, SPOT | MARGIN, 0),
    MIXED(FETCH_OPEN_ORDER_LISTS, SPOT | MARGIN, 0),
    MIXED(FETCH_ORDER_EDITS, SPOT | FUTURES, 0),
    MIXED(FETCH_MY_LIQUIDATIONS, MARGIN | FUTURES, 0),
    NATIVE(TRANSFER, BINANCE),
    NATIVE(FETCH_TRANSFERS, BINANCE),
    NATIVE(FETCH_DEPOSIT_ADDRESS, BINANCE),
    NATIVE(FETCH_DEPOSIT_ADDRESSES, BINANCE),
    NATIVE(FETCH_DEPOSITS, BINANCE),
    NATIVE(FETCH_WITHDRAWALS, BINANCE),
    NATIVE(WITHDRAW, BINANCE),
    NATIVE(BORROW_MARGIN, BINANCE),
    NATIVE(REPAY_MARGIN, BINANCE),
    NATIVE(FETCH_BORROW_RATE, BINANCE),
    NATIVE(FETCH_BORROW_RATES, BINANCE),
    NATIVE(FETCH_BORROW_RATE_HISTORY, BINANCE),
    NATIVE(FETCH_BORROW_INTEREST, BINANCE),
    NATIVE(FETCH_BORROW_LIMIT, BINANCE),
    EMULATED(FETCH_LOANS, BINANCE),
    MIXED(FETCH_STREAM_TOKEN, MARGIN | FUTURES, 0),
    NATIVE(EXTEND_STREAM_TOKEN, FUTURES),
    NATIVE(WATCH_TICKER, MARKETS),
    NATIVE(WATCH_TICKERS, MARKETS),
    NATIVE(WATCH_BIDS_ASKS, MARKETS),
    NATIVE(WATCH_ORDER_BOOK, MARKETS),
    NATIVE(WATCH_TRADES, MARKETS),
    NATIVE(WATCH_CANDLES, MARKETS),
    NATIVE(WATCH_MARK_PRICE, FUTURES),
    NATIVE(WATCH_LIQUIDATIONS, FUTURES),
    NATIVE(WATCH_ORDERS, BINANCE),
    NATIVE(WATCH_MY_TRADES, BINANCE),
    NATIVE(WATCH_BALANCES, BINANCE),
    NATIVE(WATCH_POSITIONS, FUTURES),
};

/* --- Endpoints ---
 *
 * A row: operation, where it holds, security, host, method, path, costs, build, parse, and what else it has. */

#define B(name_) bourse__binance_build_##name_
#define P(name_) bourse__binance_parse_##name_
#define NONE     NULL

#define ROW(operation_, products_, security_, host_, method_, path_, costs_, build_, ...)                              \
  {                                                                                                                    \
    .operation = BOURSE_OP_##operation_, .products = BOURSE_FOR_##products_, .security = BOURSE_SECURITY_##security_,  \
    .host = BINANCE_##host_, .method = #method_, .path = path_, .costs = costs_, .build = build_, .parse = __VA_ARGS__ \
  }

/* USD-M and COIN-M mirror each other. */
#define BOTH(operation_, security_, method_, path_, costs_, build_, ...)                                          \
  {.operation = BOURSE_OP_##operation_,                                                                           \
   .products = BOURSE_FOR_LINEAR,                                                                                 \
   .security = BOURSE_SECURITY_##security_,                                                                       \
   .host = BINANCE_FAPI,                                                                                          \
   .method = #method_,                                                                                            \
   .path = "/fapi" path_,                                                                                         \
   .costs = costs_,                                                                                               \
   .build = build_,                                                                                               \
   .parse = __VA_ARGS__},                                                                                         \
  {                                                                                                               \
    .operation = BOURSE_OP_##operation_, .products = BOURSE_FOR_INVERSE, .security = BOURSE_SECURITY_##security_, \
    .host = BINANCE_DAPI, .method = #method_, .path = "/dapi" path_, .costs = costs_, .build = build_,            \
    .parse = __VA_ARGS__                                                                                          \
  }

/* The same as a message of the WebSocket API. */
#define OVER_SOCKET(operation_, products_, socket_, method_, variant_, flags_, costs_, build_, parse_)               \
  {                                                                                                                  \
    .operation = BOURSE_OP_##operation_, .products = BOURSE_FOR_##products_, .security = BOURSE_SECURITY_SIGNED,     \
    .host = BINANCE_SOCKET_##socket_, .method = method_, .path = "", .costs = costs_, .build = build_,               \
    .parse = parse_, .variant = BINANCE_##variant_ | BINANCE_OVER_SOCKET, .flags = (flags_) | BOURSE_ENDPOINT_SOCKET \
  }

/* Costs. W: spot weight; F: futures weight; S: sapi by address; U: sapi by account. */
#define W(n_)                   \
  {                             \
    { BINANCE_SPOT_WEIGHT, n_ } \
  }
#define F(n_)                      \
  {                                \
    { BINANCE_FUTURES_WEIGHT, n_ } \
  }
#define S(n_)                    \
  {                              \
    { BINANCE_SAPI_ADDRESS, n_ } \
  }
#define U(n_)                    \
  {                              \
    { BINANCE_SAPI_ACCOUNT, n_ } \
  }
#define SPOT_ORDERS(n_)                                                                     \
  {                                                                                         \
    {BINANCE_SPOT_WEIGHT, 1}, {BINANCE_SPOT_ORDERS_10S, n_}, { BINANCE_SPOT_ORDERS_1D, n_ } \
  }
#define FUTURES_ORDERS(weight_, short_, long_)                                                                    \
  {                                                                                                               \
    {BINANCE_FUTURES_WEIGHT, weight_}, {BINANCE_FUTURES_ORDERS_10S, short_}, { BINANCE_FUTURES_ORDERS_1M, long_ } \
  }
#define FUNDING_CALL             \
  {                              \
    { BINANCE_FUNDING_CALLS, 1 } \
  }
#define DATA_CALL             \
  {                           \
    { BINANCE_DATA_CALLS, 1 } \
  }

#define MAKES          BOURSE_ENDPOINT_ACTS
#define SAYS           (BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE)
#define ENDS           (BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE | BOURSE_ENDPOINT_URGENT)
#define ACTS           .flags = MAKES
#define SETS           .flags = SAYS
#define CANCELS        .flags = ENDS
#define VARIANT(name_) .variant = BINANCE_##name_
#define PAGE(n_)       .page_max = (n_)
#define SPAN(ns_)      .span_max_ns = (ns_)

static const bourse_endpoint endpoints[] = {
    /* Orders first: these are looked up in a hurry. */
    ROW(CREATE_ORDER, SPOT, SIGNED, API, POST, "/api/v3/order", SPOT_ORDERS(1), B(spot_order), P(order), ACTS),
    ROW(CREATE_ORDER, MARGIN, SIGNED, SAPI, POST, "/sapi/v1/margin/order", U(6), B(spot_order), P(order), ACTS),
    BOTH(CREATE_ORDER, SIGNED, POST, "/v1/order", FUTURES_ORDERS(0, 1, 1), B(futures_order), P(order), ACTS),
    BOTH(CREATE_ORDER, SIGNED, POST, "/v1/algoOrder", FUTURES_ORDERS(0, 1, 1), B(algo_order), P(algo_order), ACTS,
         VARIANT(ALGO)),
    ROW(CREATE_ORDER, SPOT, SIGNED, API, POST, "/api/v3/order/test", W(1), B(spot_order), P(test_order), SETS,
        VARIANT(TEST)),
    BOTH(CREATE_ORDER, SIGNED, POST, "/v1/order/test", F(1), B(futures_order), P(test_order), SETS, VARIANT(TEST)),
    ROW(CREATE_ORDER, SPOT, SIGNED, API, POST, "/api/v3/sor/order", SPOT_ORDERS(1), B(spot_order), P(order), ACTS,
        VARIANT(ON_REQUEST)),
    ROW(CREATE_ORDER, SPOT, SIGNED, API, POST, "/api/v3/sor/order/test", W(1), B(spot_order), P(test_order), SETS,
        VARIANT(TEST_ON_REQUEST)),
    ROW(CREATE_ORDER, SPOT, SIGNED, API, POST, "/api/v3/orderList/oto", SPOT_ORDERS(2), B(attached_orders), P(orders),
        ACTS, VARIANT(OTO)),
    ROW(CREATE_ORDER, SPOT, SIGNED, API, POST, "/api/v3/orderList/otoco", SPOT_ORDERS(3), B(attached_orders), P(orders),
        ACTS, VARIANT(OTOCO)),
    ROW(CREATE_ORDER, MARGIN, SIGNED, SAPI, POST, "/sapi/v1/margin/order/oto", U(6), B(attached_orders), P(orders),
        ACTS, VARIANT(OTO)),
    ROW(CREATE_ORDER, MARGIN, SIGNED, SAPI, POST, "/sapi/v1/margin/order/otoco", U(6), B(attached_orders), P(orders),
        ACTS, VARIANT(OTOCO)),
    ROW(CANCEL_ORDER, SPOT, SIGNED, API, DELETE, "/api/v3/order", W(1), B(order_id), P(order), CANCELS),
    ROW(CANCEL_ORDER, MARGIN, SIGNED, SAPI, DELETE, "/sapi/v1/margin/order", S(10), B(order_id), P(order), CANCELS),
    BOTH(CANCEL_ORDER, SIGNED, DELETE, "/v1/order", F(1), B(order_id), P(order), CANCELS),
    BOTH(CANCEL_ORDER, SIGNED, DELETE, "/v1/algoOrder", F(1), B(order_id), P(algo_order), CANCELS, VARIANT(ALGO)),
    BOTH(CREATE_ORDERS, SIGNED, POST, "/v1/batchOrders", FUTURES_ORDERS(5, 5, 1), B(batch_orders), P(orders), ACTS,
         VARIANT(BATCH)),
    BOTH(EDIT_ORDER, SIGNED, PUT, "/v1/order", FUTURES_ORDERS(0, 1, 1), B(edit_futures_order), P(order), ACTS),
    ROW(EDIT_ORDER, SPOT, SIGNED, API, POST, "/api/v3/order/cancelReplace", SPOT_ORDERS(1), B(edit_spot_order),
        P(edited_spot_order), .flags = MAKES | BOURSE_ENDPOINT_REPLACES),
    ROW(EDIT_ORDER, SPOT, SIGNED, API, PUT, "/api/v3/order/amend/keepPriority", W(4), B(amend_spot_order),
        P(amended_spot_order), ACTS, VARIANT(AMEND)),
    BOTH(EDIT_ORDERS, SIGNED, PUT, "/v1/batchOrders", FUTURES_ORDERS(5, 5, 1), B(batch_edits), P(orders), ACTS,
         VARIANT(BATCH)),
    BOTH(CANCEL_ORDERS, SIGNED, DELETE, "/v1/batchOrders", F(1), B(batch_cancel), P(orders), CANCELS, VARIANT(BATCH)),
    ROW(CANCEL_ALL_ORDERS, SPOT, SIGNED, API, DELETE, "/api/v3/openOrders", W(1), B(cancel_all), P(orders), CANCELS),
    ROW(CANCEL_ALL_ORDERS, MARGIN, SIGNED, SAPI, DELETE, "/sapi/v1/margin/openOrders", S(1), B(cancel_all), P(orders),
        CANCELS),
    BOTH(CANCEL_ALL_ORDERS, SIGNED, DELETE, "/v1/allOpenOrders", F(1), B(cancel_all), P(canceled_all), CANCELS),
    BOTH(CANCEL_ALL_ORDERS, SIGNED, DELETE, "/v1/algoOpenOrders", F(1), B(cancel_all), P(canceled_all), CANCELS,
         VARIANT(ALGO)),
    BOTH(CANCEL_ALL_ORDERS_AFTER, SIGNED, POST, "/v1/countdownCancelAll", F(10), B(countdown), P(countdown), CANCELS),

    /* Orders over sockets */
    OVER_SOCKET(CREATE_ORDER, SPOT, API, "order.place", USUAL, MAKES, SPOT_ORDERS(1), B(spot_order), P(order)),
    OVER_SOCKET(CREATE_ORDER, LINEAR, LINEAR_API, "order.place", USUAL, MAKES, FUTURES_ORDERS(0, 1, 1),
                B(futures_order), P(order)),
    OVER_SOCKET(CREATE_ORDER, LINEAR, LINEAR_API, "algoOrder.place", ALGO, MAKES, FUTURES_ORDERS(0, 1, 1),
                B(algo_order), P(algo_order)),
    OVER_SOCKET(CREATE_ORDER, SPOT, API, "order.test", TEST, SAYS, W(1), B(spot_order), P(test_order)),
    OVER_SOCKET(CREATE_ORDER, SPOT, API, "orderList.place.oto", OTO, MAKES, SPOT_ORDERS(2), B(attached_orders),
                P(orders)),
    OVER_SOCKET(CREATE_ORDER, SPOT, API, "orderList.place.otoco", OTOCO, MAKES, SPOT_ORDERS(3), B(attached_orders),
                P(orders)),
    OVER_SOCKET(CANCEL_ORDER, SPOT, API, "order.cancel", USUAL, ENDS, W(1), B(order_id), P(order)),
    OVER_SOCKET(CANCEL_ORDER, LINEAR, LINEAR_API, "order.cancel", USUAL, ENDS, F(1), B(order_id), P(order)),
    OVER_SOCKET(CANCEL_ORDER, LINEAR, LINEAR_API, "algoOrder.cancel", ALGO, ENDS, F(1), B(order_id), P(algo_order)),
    OVER_SOCKET(EDIT_ORDER, LINEAR, LINEAR_API, "order.modify", USUAL, MAKES, FUTURES_ORDERS(0, 1, 1),
                B(edit_futures_order), P(order)),
    OVER_SOCKET(EDIT_ORDER, SPOT, API, "order.cancelReplace", USUAL, MAKES | BOURSE_ENDPOINT_REPLACES, SPOT_ORDERS(1),
                B(edit_spot_order), P(edited_spot_order)),
    OVER_SOCKET(EDIT_ORDER, SPOT, API, "order.amend.keepPriority", AMEND, MAKES, W(4), B(amend_spot_order),
                P(amended_spot_order)),
    OVER_SOCKET(CANCEL_ALL_ORDERS, SPOT, API, "openOrders.cancelAll", USUAL, ENDS, W(1), B(cancel_all), P(orders)),
    OVER_SOCKET(CREATE_ORDER_LIST, SPOT, API, "orderList.place.oco", USUAL, MAKES, SPOT_ORDERS(2), B(oco), P(orders)),
    OVER_SOCKET(CREATE_ORDER_LIST, SPOT, API, "orderList.place.oto", OTO, MAKES, SPOT_ORDERS(2), B(oto), P(orders)),
    OVER_SOCKET(CREATE_ORDER_LIST, SPOT, API, "orderList.place.otoco", OTOCO, MAKES, SPOT_ORDERS(3), B(otoco),
                P(orders)),
    OVER_SOCKET(CREATE_ORDER_LIST, SPOT, API, "orderList.place.opo", OPO, MAKES, SPOT_ORDERS(2), B(oto), P(orders)),
    OVER_SOCKET(CREATE_ORDER_LIST, SPOT, API, "orderList.place.opoco", OPOCO, MAKES, SPOT_ORDERS(3), B(otoco),
                P(orders)),
    OVER_SOCKET(CANCEL_ORDER_LIST, SPOT, API, "orderList.cancel", USUAL, ENDS, W(1), B(list_id), P(orders)),

    /* Order lists */
    ROW(CREATE_ORDER_LIST, SPOT, SIGNED, API, POST, "/api/v3/orderList/oco", SPOT_ORDERS(2), B(oco), P(orders), ACTS),
    ROW(CREATE_ORDER_LIST, SPOT, SIGNED, API, POST, "/api/v3/orderList/oto", SPOT_ORDERS(2), B(oto), P(orders), ACTS,
        VARIANT(OTO)),
    ROW(CREATE_ORDER_LIST, SPOT, SIGNED, API, POST, "/api/v3/orderList/otoco", SPOT_ORDERS(3), B(otoco), P(orders),
        ACTS, VARIANT(OTOCO)),
    ROW(CREATE_ORDER_LIST, SPOT, SIGNED, API, POST, "/api/v3/orderList/opo", SPOT_ORDERS(2), B(oto), P(orders), ACTS,
        VARIANT(OPO)),
    ROW(CREATE_ORDER_LIST, SPOT, SIGNED, API, POST, "/api/v3/orderList/opoco", SPOT_ORDERS(3), B(otoco), P(orders),
        ACTS, VARIANT(OPOCO)),
    ROW(CREATE_ORDER_LIST, SPOT, SIGNED, API, POST, "/api/v3/order/oco", SPOT_ORDERS(2), B(margin_oco), P(orders), ACTS,
        VARIANT(ON_REQUEST)),
    ROW(CREATE_ORDER_LIST, MARGIN, SIGNED, SAPI, POST, "/sapi/v1/margin/order/oco", U(6), B(margin_oco), P(orders),
        ACTS),
    ROW(CREATE_ORDER_LIST, MARGIN, SIGNED, SAPI, POST, "/sapi/v1/margin/order/oto", U(6), B(oto), P(orders), ACTS,
        VARIANT(OTO)),
    ROW(CREATE_ORDER_LIST, MARGIN, SIGNED, SAPI, POST, "/sapi/v1/margin/order/otoco", U(6), B(otoco), P(orders), ACTS,
        VARIANT(OTOCO)),
    ROW(CANCEL_ORDER_LIST, SPOT, SIGNED, API, DELETE, "/api/v3/orderList", W(1), B(list_id), P(orders), CANCELS),
    ROW(CANCEL_ORDER_LIST, MARGIN, SIGNED, SAPI, DELETE, "/sapi/v1/margin/orderList", U(1), B(list_id), P(orders),
        CANCELS),
    ROW(FETCH_ORDER_LIST, SPOT, SIGNED, API, GET, "/api/v3/orderList", W(4), B(list_id), P(orders)),
    ROW(FETCH_ORDER_LIST, MARGIN, SIGNED, SAPI, GET, "/sapi/v1/margin/orderList", S(10), B(list_id), P(orders)),
    ROW(FETCH_ORDER_LISTS, SPOT, SIGNED, API, GET, "/api/v3/allOrderList", W(20), B(lists), P(orders), PAGE(1000),
        SPAN(BINANCE_DAY)),
    ROW(FETCH_ORDER_LISTS, MARGIN, SIGNED, SAPI, GET, "/sapi/v1/margin/allOrderList", S(200), B(lists), P(orders),
        PAGE(1000), SPAN(BINANCE_DAY)),
    ROW(FETCH_OPEN_ORDER_LISTS, SPOT, SIGNED, API, GET, "/api/v3/openOrderList", W(6), NONE, P(orders)),
    ROW(FETCH_OPEN_ORDER_LISTS, MARGIN, SIGNED, SAPI, GET, "/sapi/v1/margin/openOrderList", S(10), B(lists), P(orders)),

    /* Own orders and fills */
    ROW(FETCH_ORDER, SPOT, SIGNED, API, GET, "/api/v3/order", W(4), B(order_id), P(order)),
    ROW(FETCH_ORDER, MARGIN, SIGNED, SAPI, GET, "/sapi/v1/margin/order", S(10), B(order_id), P(order)),
    BOTH(FETCH_ORDER, SIGNED, GET, "/v1/order", F(1), B(order_id), P(order)),
    BOTH(FETCH_ORDER, SIGNED, GET, "/v1/algoOrder", F(1), B(order_id), P(algo_order), VARIANT(ALGO)),
    BOTH(FETCH_ORDER, SIGNED, GET, "/v1/openOrder", F(1), B(order_id), P(order), VARIANT(ON_REQUEST)),
    ROW(FETCH_OPEN_ORDERS, SPOT, SIGNED, API, GET, "/api/v3/openOrders", W(6), B(open_orders), P(orders)),
    ROW(FETCH_OPEN_ORDERS, MARGIN, SIGNED, SAPI, GET, "/sapi/v1/margin/openOrders", S(10), B(open_orders), P(orders)),
    BOTH(FETCH_OPEN_ORDERS, SIGNED, GET, "/v1/openOrders", F(1), B(open_orders), P(orders)),
    BOTH(FETCH_OPEN_ORDERS, SIGNED, GET, "/v1/openAlgoOrders", F(1), B(open_orders), P(algo_orders), VARIANT(ALGO)),
    ROW(FETCH_ORDERS, SPOT, SIGNED, API, GET, "/api/v3/allOrders", W(20), B(orders), P(orders), PAGE(1000),
        SPAN(BINANCE_DAY)),
    ROW(FETCH_ORDERS, MARGIN, SIGNED, SAPI, GET, "/sapi/v1/margin/allOrders", S(200), B(orders), P(orders), PAGE(500),
        SPAN(BINANCE_DAY)),
    BOTH(FETCH_ORDERS, SIGNED, GET, "/v1/allOrders", F(5), B(orders), P(orders), PAGE(1000), SPAN(7 * BINANCE_DAY)),
    BOTH(FETCH_ORDERS, SIGNED, GET, "/v1/allAlgoOrders", F(5), B(orders), P(algo_orders), VARIANT(ALGO), PAGE(1000),
         SPAN(7 * BINANCE_DAY)),
    ROW(FETCH_MY_TRADES, SPOT, SIGNED, API, GET, "/api/v3/myTrades", W(20), B(fills), P(fills), PAGE(1000),
        SPAN(BINANCE_DAY)),
    ROW(FETCH_MY_TRADES, MARGIN, SIGNED, SAPI, GET, "/sapi/v1/margin/myTrades", S(10), B(fills), P(fills), PAGE(1000),
        SPAN(BINANCE_DAY)),
    BOTH(FETCH_MY_TRADES, SIGNED, GET, "/v1/userTrades", F(5), B(fills), P(fills), PAGE(1000), SPAN(7 * BINANCE_DAY)),
    ROW(FETCH_MY_TRADES, SPOT, SIGNED, API, GET, "/api/v3/myAllocations", W(20), B(fills), P(fills),
        VARIANT(ON_REQUEST), PAGE(1000), SPAN(BINANCE_DAY)),
    ROW(FETCH_ORDER_TRADES, SPOT, SIGNED, API, GET, "/api/v3/myTrades", W(5), B(fills), P(fills), PAGE(1000)),
    ROW(FETCH_ORDER_TRADES, MARGIN, SIGNED, SAPI, GET, "/sapi/v1/margin/myTrades", S(10), B(fills), P(fills),
        PAGE(1000)),
    BOTH(FETCH_ORDER_TRADES, SIGNED, GET, "/v1/userTrades", F(5), B(fills), P(fills), PAGE(1000)),
    ROW(FETCH_ORDER_EDITS, SPOT, SIGNED, API, GET, "/api/v3/order/amendments", W(4), B(order_edits), P(order_edits)),
    BOTH(FETCH_ORDER_EDITS, SIGNED, GET, "/v1/orderAmendment", F(1), B(order_edits), P(order_edits), PAGE(100)),
    ROW(FETCH_MY_LIQUIDATIONS, MARGIN, SIGNED, SAPI, GET, "/sapi/v1/margin/forceLiquidationRec", S(1),
        B(margin_liquidations), P(margin_liquidations), PAGE(100)),
    BOTH(FETCH_MY_LIQUIDATIONS, SIGNED, GET, "/v1/forceOrders", F(50), B(liquidations), P(liquidations), PAGE(100),
         SPAN(7 * BINANCE_DAY)),

    /* Public data */
    ROW(FETCH_TIME, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/time", W(1), NONE, P(time)),
    BOTH(FETCH_TIME, PUBLIC, GET, "/v1/time", F(1), NONE, P(time)),
    ROW(FETCH_STATUS, ALL, PUBLIC, SAPI, GET, "/sapi/v1/system/status", S(1), NONE, P(status)),
    ROW(FETCH_STATUS, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/ping", W(1), NONE, P(ping), VARIANT(WITHOUT_SAPI)),
    BOTH(FETCH_STATUS, PUBLIC, GET, "/v1/ping", F(1), NONE, P(ping), VARIANT(WITHOUT_SAPI)),
    ROW(FETCH_MARKETS, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/exchangeInfo", W(20), NONE, P(markets)),
    BOTH(FETCH_MARKETS, PUBLIC, GET, "/v1/exchangeInfo", F(1), NONE, P(markets)),
    ROW(FETCH_CURRENCIES, ALL, SIGNED, SAPI, GET, "/sapi/v1/capital/config/getall", S(10), NONE, P(currencies)),
    ROW(FETCH_TICKERS, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/ticker/24hr", W(80), B(tickers), P(tickers)),
    BOTH(FETCH_TICKERS, PUBLIC, GET, "/v1/ticker/24hr", F(40), NONE, P(tickers)),
    ROW(FETCH_TICKER, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/ticker/24hr", W(2), B(symbol), P(tickers)),
    BOTH(FETCH_TICKER, PUBLIC, GET, "/v1/ticker/24hr", F(1), B(symbol), P(tickers)),
    ROW(FETCH_TICKER, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/ticker", W(4), B(symbol), P(tickers),
        VARIANT(ON_REQUEST)),
    ROW(FETCH_TICKER, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/ticker/tradingDay", W(4), B(symbol), P(tickers),
        VARIANT(ON_REQUEST)),
    ROW(FETCH_BIDS_ASKS, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/ticker/bookTicker", W(4), B(bids_asks), P(tickers)),
    BOTH(FETCH_BIDS_ASKS, PUBLIC, GET, "/v1/ticker/bookTicker", F(5), B(bids_asks), P(tickers)),
    ROW(FETCH_LAST_PRICES, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/ticker/price", W(4), NONE, P(tickers)),
    ROW(FETCH_LAST_PRICES, LINEAR, PUBLIC, FAPI, GET, "/fapi/v2/ticker/price", F(2), NONE, P(tickers)),
    ROW(FETCH_LAST_PRICES, INVERSE, PUBLIC, DAPI, GET, "/dapi/v1/ticker/price", F(2), NONE, P(tickers)),
    ROW(FETCH_LAST_PRICES, LINEAR, PUBLIC, FAPI, GET, "/fapi/v1/ticker/price", F(2), NONE, P(tickers),
        VARIANT(ON_REQUEST)),
    ROW(FETCH_ORDER_BOOK, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/depth", W(5), B(depth), P(depth)),
    BOTH(FETCH_ORDER_BOOK, PUBLIC, GET, "/v1/depth", F(10), B(depth), P(depth)),
    ROW(FETCH_TRADES, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/aggTrades", W(4), B(trades), P(trades), PAGE(1000),
        SPAN(BINANCE_HOUR)),
    BOTH(FETCH_TRADES, PUBLIC, GET, "/v1/aggTrades", F(20), B(trades), P(trades), PAGE(1000), SPAN(BINANCE_HOUR)),
    ROW(FETCH_TRADES, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/trades", W(25), B(old_trades), P(trades),
        VARIANT(ON_REQUEST)),
    BOTH(FETCH_TRADES, PUBLIC, GET, "/v1/trades", F(5), B(old_trades), P(trades), VARIANT(ON_REQUEST)),
    ROW(FETCH_TRADES, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/historicalTrades", W(25), B(old_trades), P(trades),
        VARIANT(ON_REQUEST)),
    BOTH(FETCH_TRADES, KEY, GET, "/v1/historicalTrades", F(200), B(old_trades), P(trades), VARIANT(ON_REQUEST)),
    ROW(FETCH_TRADES, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/historicalBlockTrades", W(25), B(old_trades), P(trades),
        VARIANT(ON_REQUEST)),
    ROW(FETCH_CANDLES, BINANCE_SPOT, PUBLIC, API, GET, "/api/v3/klines", W(2), B(candles), P(candles), PAGE(1000)),
    BOTH(FETCH_CANDLES, PUBLIC, GET, "/v1/klines", F(5), B(candles), P(candles), PAGE(1500), SPAN(200 * BINANCE_DAY)),
    BOTH(FETCH_CANDLES, PUBLIC, GET, "/v1/markPriceKlines", F(5), B(candles), P(index_candles), VARIANT(MARK),
         PAGE(1500), SPAN(200 * BINANCE_DAY)),
    BOTH(FETCH_CANDLES, PUBLIC, GET, "/v1/indexPriceKlines", F(5), B(candles), P(index_candles), VARIANT(INDEX),
         PAGE(1500), SPAN(200 * BINANCE_DAY)),
    BOTH(FETCH_CANDLES, PUBLIC, GET, "/v1/premiumIndexKlines", F(5), B(candles), P(index_candles), VARIANT(PREMIUM),
         PAGE(1500), SPAN(200 * BINANCE_DAY)),
    BOTH(FETCH_CANDLES, PUBLIC, GET, "/v1/continuousKlines", F(5), B(candles), P(candles), VARIANT(ON_REQUEST),
         PAGE(1500), SPAN(200 * BINANCE_DAY)),
    BOTH(FETCH_FUNDING_RATES, PUBLIC, GET, "/v1/premiumIndex", F(10), NONE, P(funding_rates)),
    BOTH(FETCH_FUNDING_RATE, PUBLIC, GET, "/v1/premiumIndex", F(1), B(symbol), P(funding_rates)),
    BOTH(FETCH_MARK_PRICES, PUBLIC, GET, "/v1/premiumIndex", F(10), B(mark_prices), P(mark_prices)),
    BOTH(FETCH_FUNDING_RATE_HISTORY, PUBLIC, GET, "/v1/fundingRate", FUNDING_CALL, B(funding_rate_history),
         P(funding_rates), PAGE(1000)),
    BOTH(FETCH_FUNDING_INTERVALS, PUBLIC, GET, "/v1/fundingInfo", FUNDING_CALL, NONE, P(funding_intervals)),
    BOTH(FETCH_OPEN_INTEREST, PUBLIC, GET, "/v1/openInterest", F(1), B(symbol), P(open_interest)),
    ROW(FETCH_OPEN_INTEREST_HISTORY, LINEAR, PUBLIC, FAPI, GET, "/futures/data/openInterestHist", DATA_CALL,
        B(open_interest_history), P(open_interest), PAGE(500)),
    ROW(FETCH_OPEN_INTEREST_HISTORY, INVERSE, PUBLIC, DAPI, GET, "/futures/data/openInterestHist", DATA_CALL,
        B(open_interest_history), P(open_interest), PAGE(500)),
    ROW(FETCH_LEVERAGE_TIERS, LINEAR, SIGNED, FAPI, GET, "/fapi/v1/leverageBracket", F(1), NONE, P(leverage_tiers)),
    ROW(FETCH_LEVERAGE_TIERS, INVERSE, SIGNED, DAPI, GET, "/dapi/v2/leverageBracket", F(1), NONE, P(leverage_tiers)),

    /* Account */
    ROW(FETCH_BALANCES, SPOT, SIGNED, API, GET, "/api/v3/account", W(20), NONE, P(spot_balances)),
    ROW(FETCH_BALANCES, SPOT, SIGNED, SAPI, POST, "/sapi/v3/asset/getUserAsset", S(5), B(asset), P(funding_balances),
        VARIANT(ON_REQUEST)),
    ROW(FETCH_BALANCES, SPOT, SIGNED, SAPI, POST, "/sapi/v1/asset/get-funding-asset", S(1), B(asset),
        P(funding_balances), VARIANT(FUNDING)),
    ROW(FETCH_BALANCES, SPOT, SIGNED, SAPI, GET, "/sapi/v1/asset/wallet/balance", S(60), B(quote_asset), P(wallets),
        VARIANT(ALL_WALLETS)),
    ROW(FETCH_BALANCES, CROSS, SIGNED, SAPI, GET, "/sapi/v1/margin/account", S(10), NONE, P(cross_balances)),
    ROW(FETCH_BALANCES, ISOLATED, SIGNED, SAPI, GET, "/sapi/v1/margin/isolated/account", S(10), B(isolated_symbols),
        P(isolated_balances)),
    ROW(FETCH_BALANCES, LINEAR, SIGNED, FAPI, GET, "/fapi/v3/account", F(5), NONE, P(futures_balances)),
    ROW(FETCH_BALANCES, LINEAR, SIGNED, FAPI, GET, "/fapi/v2/account", F(5), NONE, P(futures_balances),
        VARIANT(ON_REQUEST)),
    ROW(FETCH_BALANCES, LINEAR, SIGNED, FAPI, GET, "/fapi/v3/balance", F(5), NONE, P(futures_balances),
        VARIANT(ON_REQUEST)),
    ROW(FETCH_BALANCES, LINEAR, SIGNED, FAPI, GET, "/fapi/v2/balance", F(5), NONE, P(futures_balances),
        VARIANT(ON_REQUEST)),
    ROW(FETCH_BALANCES, INVERSE, SIGNED, DAPI, GET, "/dapi/v1/account", F(5), NONE, P(futures_balances)),
    ROW(FETCH_BALANCES, INVERSE, SIGNED, DAPI, GET, "/dapi/v1/balance", F(1), NONE, P(futures_balances),
        VARIANT(ON_REQUEST)),
    ROW(FETCH_BALANCE, SPOT, SIGNED, SAPI, POST, "/sapi/v3/asset/getUserAsset", S(5), B(asset), P(funding_balances)),
    ROW(FETCH_POSITIONS, LINEAR, SIGNED, FAPI, GET, "/fapi/v3/positionRisk", F(5), NONE, P(positions)),
    ROW(FETCH_POSITIONS, LINEAR, SIGNED, FAPI, GET, "/fapi/v2/positionRisk", F(5), NONE, P(positions),
        VARIANT(ON_REQUEST)),
    ROW(FETCH_POSITIONS, INVERSE, SIGNED, DAPI, GET, "/dapi/v1/positionRisk", F(1), NONE, P(positions)),
    ROW(FETCH_POSITION, LINEAR, SIGNED, FAPI, GET, "/fapi/v3/positionRisk", F(5), B(position), P(positions)),
    ROW(FETCH_POSITION, LINEAR, SIGNED, FAPI, GET, "/fapi/v2/positionRisk", F(5), B(position), P(positions),
        VARIANT(ON_REQUEST)),
    ROW(FETCH_POSITION, INVERSE, SIGNED, DAPI, GET, "/dapi/v1/positionRisk", F(1), B(position), P(positions)),
    ROW(CLOSE_POSITION, LINEAR, SIGNED, FAPI, GET, "/fapi/v3/positionRisk", F(5), B(position), P(position_to_close),
        VARIANT(POSITION), .flags = BOURSE_ENDPOINT_URGENT),
    ROW(CLOSE_POSITION, INVERSE, SIGNED, DAPI, GET, "/dapi/v1/positionRisk", F(1), B(position), P(position_to_close),
        VARIANT(POSITION), .flags = BOURSE_ENDPOINT_URGENT),
    BOTH(CLOSE_POSITION, SIGNED, POST, "/v1/order", FUTURES_ORDERS(0, 1, 1), B(close_position), P(order),
         .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_URGENT),
    ROW(FETCH_LEVERAGES, LINEAR, SIGNED, FAPI, GET, "/fapi/v1/symbolConfig", F(5), NONE, P(leverages)),
    ROW(FETCH_LEVERAGES, INVERSE, SIGNED, DAPI, GET, "/dapi/v1/account", F(5), NONE, P(inverse_leverages)),
    ROW(FETCH_LEVERAGE, LINEAR, SIGNED, FAPI, GET, "/fapi/v1/symbolConfig", F(5), B(symbol), P(leverages)),
    ROW(FETCH_LEVERAGE, INVERSE, SIGNED, DAPI, GET, "/dapi/v1/account", F(5), NONE, P(inverse_leverages)),
    ROW(FETCH_MARGIN_MODE, LINEAR, SIGNED, FAPI, GET, "/fapi/v1/symbolConfig", F(5), B(symbol), P(leverages)),
    ROW(FETCH_MARGIN_MODE, INVERSE, SIGNED, DAPI, GET, "/dapi/v1/account", F(5), NONE, P(inverse_leverages)),
    BOTH(SET_LEVERAGE, SIGNED, POST, "/v1/leverage", F(1), B(leverage), P(receipt), SETS),
    BOTH(SET_MARGIN_MODE, SIGNED, POST, "/v1/marginType", F(1), B(margin_mode), P(receipt), SETS),
    BOTH(FETCH_POSITION_MODE, SIGNED, GET, "/v1/positionSide/dual", F(30), NONE, P(position_mode)),
    BOTH(SET_POSITION_MODE, SIGNED, POST, "/v1/positionSide/dual", F(1), B(position_mode), P(receipt), SETS),
    ROW(SET_MULTI_ASSETS_MODE, LINEAR, SIGNED, FAPI, POST, "/fapi/v1/multiAssetsMargin", F(1), B(multi_assets),
        P(receipt), SETS),
    BOTH(ADD_MARGIN, SIGNED, POST, "/v1/positionMargin", F(1), B(position_margin), P(receipt), ACTS),
    BOTH(REDUCE_MARGIN, SIGNED, POST, "/v1/positionMargin", F(1), B(position_margin), P(receipt), ACTS),
    ROW(FETCH_TRADING_FEES, BINANCE_SPOT, SIGNED, SAPI, GET, "/sapi/v1/asset/tradeFee", S(1), NONE, P(fees)),
    ROW(FETCH_TRADING_FEES, LINEAR, SIGNED, FAPI, GET, "/fapi/v1/accountConfig", F(5), NONE, P(fee_tier)),
    ROW(FETCH_TRADING_FEES, INVERSE, SIGNED, DAPI, GET, "/dapi/v1/account", F(5), NONE, P(fee_tier)),
    ROW(FETCH_TRADING_FEE, BINANCE_SPOT, SIGNED, SAPI, GET, "/sapi/v1/asset/tradeFee", S(1), B(fee), P(fees)),
    ROW(FETCH_TRADING_FEE, BINANCE_SPOT, SIGNED, API, GET, "/api/v3/account/commission", W(20), B(fee), P(fees),
        VARIANT(WITHOUT_SAPI)),
    BOTH(FETCH_TRADING_FEE, SIGNED, GET, "/v1/commissionRate", F(20), B(fee), P(fees)),
    BOTH(FETCH_FUNDING_HISTORY, SIGNED, GET, "/v1/income", F(30), B(funding_history), P(ledger), PAGE(1000)),
    BOTH(FETCH_LEDGER, SIGNED, GET, "/v1/income", F(30), B(ledger), P(ledger), PAGE(1000)),
    ROW(FETCH_LEDGER, MARGIN, SIGNED, SAPI, GET, "/sapi/v1/margin/capital-flow", S(100), B(margin_ledger),
        P(margin_ledger), PAGE(1000), SPAN(7 * BINANCE_DAY)),
    ROW(FETCH_PERMISSIONS, ALL, SIGNED, SAPI, GET, "/sapi/v1/account/apiRestrictions", S(1), NONE, P(permissions)),
    ROW(FETCH_PERMISSIONS, BINANCE_SPOT, SIGNED, API, GET, "/api/v3/account", W(20), NONE, P(account_permissions),
        VARIANT(WITHOUT_SAPI)),
    ROW(FETCH_PERMISSIONS, LINEAR, SIGNED, FAPI, GET, "/fapi/v1/accountConfig", F(5), NONE, P(account_permissions),
        VARIANT(WITHOUT_SAPI)),
    ROW(FETCH_PERMISSIONS, INVERSE, SIGNED, DAPI, GET, "/dapi/v1/account", F(5), NONE, P(account_permissions),
        VARIANT(WITHOUT_SAPI)),

    /* Tokens of streams */
    ROW(FETCH_STREAM_TOKEN, MARGIN, KEY, SAPI, POST, "/sapi/v1/userListenToken", U(1), B(listen_token),
        P(stream_token)),
    BOTH(FETCH_STREAM_TOKEN, KEY, POST, "/v1/listenKey", F(1), NONE, P(stream_token)),
    BOTH(EXTEND_STREAM_TOKEN, KEY, PUT, "/v1/listenKey", F(1), NONE, P(stream_token), SETS),

    /* Wallet */
    ROW(TRANSFER, ALL, SIGNED, SAPI, POST, "/sapi/v1/asset/transfer", U(900), B(transfer), P(transfer), ACTS),
    ROW(FETCH_TRANSFERS, ALL, SIGNED, SAPI, GET, "/sapi/v1/asset/transfer", S(1), B(transfers), P(transfers),
        PAGE(100)),
    ROW(FETCH_DEPOSIT_ADDRESS, ALL, SIGNED, SAPI, GET, "/sapi/v1/capital/deposit/address", S(10), B(coin),
        P(deposit_addresses)),
    ROW(FETCH_DEPOSIT_ADDRESSES, ALL, SIGNED, SAPI, GET, "/sapi/v1/capital/deposit/address/list", S(10), B(coin),
        P(deposit_addresses)),
    ROW(FETCH_DEPOSITS, ALL, SIGNED, SAPI, GET, "/sapi/v1/capital/deposit/hisrec", S(1), B(deposits), P(deposits),
        PAGE(1000), SPAN(90 * BINANCE_DAY)),
    ROW(FETCH_WITHDRAWALS, ALL, SIGNED, SAPI, GET, "/sapi/v1/capital/withdraw/history", U(18000), B(withdrawals),
        P(withdrawals), PAGE(1000), SPAN(90 * BINANCE_DAY)),
    ROW(WITHDRAW, ALL, SIGNED, SAPI, POST, "/sapi/v1/capital/withdraw/apply", U(900), B(withdraw), P(withdraw), ACTS),
    ROW(BORROW_MARGIN, ALL, SIGNED, SAPI, POST, "/sapi/v1/margin/borrow-repay", U(1500), B(borrow), P(borrow), ACTS),
    ROW(REPAY_MARGIN, ALL, SIGNED, SAPI, POST, "/sapi/v1/margin/borrow-repay", U(1500), B(borrow), P(borrow), ACTS),
    ROW(FETCH_BORROW_RATES, ALL, SIGNED, SAPI, GET, "/sapi/v1/margin/crossMarginData", S(5), NONE, P(cross_rates)),
    ROW(FETCH_BORROW_RATES, ISOLATED, SIGNED, SAPI, GET, "/sapi/v1/margin/isolatedMarginData", S(10), NONE,
        P(isolated_rates), VARIANT(ISOLATED)),
    ROW(FETCH_BORROW_RATE_HISTORY, ALL, SIGNED, SAPI, GET, "/sapi/v1/margin/interestRateHistory", S(1),
        B(borrow_rate_history), P(borrow_rates), PAGE(93), SPAN(30 * BINANCE_DAY)),
    ROW(FETCH_BORROW_RATE, ALL, SIGNED, SAPI, GET, "/sapi/v1/margin/interestRateHistory", S(1), B(borrow_rate),
        P(borrow_rates)),
    ROW(FETCH_BORROW_RATE, ISOLATED, SIGNED, SAPI, GET, "/sapi/v1/margin/isolatedMarginData", S(1), B(isolated_rates),
        P(isolated_rates), VARIANT(ISOLATED)),
    ROW(FETCH_BORROW_INTEREST, ALL, SIGNED, SAPI, GET, "/sapi/v1/margin/interestHistory", S(1), B(borrow_interest),
        P(borrow_interest), PAGE(100), SPAN(30 * BINANCE_DAY)),
    ROW(FETCH_BORROW_LIMIT, ALL, SIGNED, SAPI, GET, "/sapi/v1/margin/maxBorrowable", S(50), B(borrow_limit),
        P(borrow_limit)),
    ROW(FETCH_LOANS, ALL, SIGNED, SAPI, GET, "/sapi/v1/margin/borrow-repay", S(10), B(loans), P(loans), PAGE(100)),
};

/* clang-format on */

/* The endpoint that a setting "endpoint.OPERATION" names. */
static const bourse_endpoint *find_alternative(int32_t operation, const char *path) {
  for (uint32_t i = 0; i < COUNT(endpoints); i++) {
    const bourse_endpoint *endpoint = &endpoints[i];
    if (endpoint->operation == operation && endpoint->variant == BINANCE_ON_REQUEST &&
        strcmp(endpoint->path, path) == 0)
      return endpoint;
  }
  return NULL;
}

static int32_t read_settings(bourse_open_call *call, bourse__binance_state *state) {
  static const char prefix[] = "endpoint.";
  for (uint32_t i = 0; i < call->options->setting_count; i++) {
    const bourse_param *setting = &call->options->settings[i];
    if (bourse_is_common_setting(setting->name)) continue;
    if (strncmp(setting->name, prefix, sizeof prefix - 1) != 0) {
      snprintf(call->error_text, call->error_text_size,
               "setting %s is not known; Binance has endpoint.OPERATION, with the path that shall serve it",
               setting->name);
      return BOURSE_ERROR_ARGUMENT;
    }
    const bourse_endpoint *endpoint = NULL;
    int32_t operation = bourse_operation_by_name(setting->name + sizeof prefix - 1);
    if (operation != 0 && setting->value != NULL) endpoint = find_alternative(operation, setting->value);
    if (endpoint == NULL) {
      snprintf(call->error_text, call->error_text_size,
               "setting %s = %s: no other endpoint of that path serves the operation", setting->name,
               setting->value == NULL ? "NULL" : setting->value);
      return BOURSE_ERROR_ARGUMENT;
    }
    if (state->alternative_count == BINANCE_ALTERNATIVES_MAX) {
      snprintf(call->error_text, call->error_text_size, "more than %d endpoint settings", BINANCE_ALTERNATIVES_MAX);
      return BOURSE_ERROR_ARGUMENT;
    }
    state->alternatives[state->alternative_count++] = endpoint;
  }
  return BOURSE_OK;
}

static int32_t open_handle(bourse_open_call *call) {
  bourse__binance_state *state = call->state;
  const bourse_options *options = call->options;
  state->environment = options->environment;
  if (state->environment == 0 && options->credentials != NULL) state->environment = options->credentials->environment;
  if (state->environment == 0) state->environment = BOURSE_LIVE;
  int32_t code = bourse_need_key(call, 1u << BOURSE_KEY_HMAC | 1u << BOURSE_KEY_ED25519 | 1u << BOURSE_KEY_RSA,
                                 "HMAC secrets, Ed25519 keys and RSA keys");
  return code == BOURSE_OK ? read_settings(call, state) : code;
}

const bourse_adapter bourse__binance_adapter = {
    .struct_size = sizeof(bourse_adapter),
    .api_version = BOURSE_API_VERSION,
    .name = "binance",
    .title = "Binance",
    .hosts = hosts,
    .host_count = BINANCE_HOSTS,
    .capabilities = capabilities,
    .capability_count = COUNT(capabilities),
    .endpoints = endpoints,
    .endpoint_count = COUNT(endpoints),
    .limits = limits,
    .limit_count = BINANCE_LIMITS,
    .products = SPOT | MARGIN | FUTURES,
    .state_size = sizeof(bourse__binance_state),
    .secret_encoding = BOURSE_SECRET_TEXT,
    .client_id_format = BOURSE_CLIENT_ID_TEXT,
    .client_id_max = 36,
    .client_id_extra = "-_",
    .open = open_handle,
    .route = bourse__binance_route,
    .sign = bourse__binance_sign,
    .error = bourse__binance_error,
    .stream = &bourse__binance_streams,
};
