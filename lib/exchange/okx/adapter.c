/* exchange/okx/adapter.c - the tables: hosts, rate budgets, capabilities, endpoints; and opening a handle. */
#include <stdio.h>
#include <string.h>

#include "exchange/okx/stream.h"

#define COUNT(array_) ((uint32_t)(sizeof(array_) / sizeof((array_)[0])))

/* Demo trading is on the live hosts of REST, told apart by a header and by keys of its own. */
static const bourse_host hosts[OKX_HOSTS] = {
    [OKX_API] = {"api", "https://www.okx.com", NULL, "https://www.okx.com"},
    [OKX_WS] = {"ws", "wss://ws.okx.com:8443", NULL, "wss://wspap.okx.com:8443"},
};
static const bourse_host hosts_eea[OKX_HOSTS] = {
    [OKX_API] = {"api", "https://eea.okx.com", NULL, "https://eea.okx.com"},
    [OKX_WS] = {"ws", "wss://wseea.okx.com:8443", NULL, "wss://wseeapap.okx.com:8443"},
};
static const bourse_host hosts_us[OKX_HOSTS] = {
    [OKX_API] = {"api", "https://us.okx.com", NULL, "https://us.okx.com"},
    [OKX_WS] = {"ws", "wss://wsus.okx.com:8443", NULL, "wss://wsuspap.okx.com:8443"},
};
static const bourse_region regions[] = {{"global", hosts}, {"eea", hosts_eea}, {"us", hosts_us}};

/* No reply tells what is used, and nobody says when the two seconds begin. */
#define LIMIT(name_, count_, seconds_, scope_) \
  { name_, count_, (seconds_)*OKX_SECOND, BOURSE_LIMIT_PER_##scope_, BOURSE_LIMIT_ROLLING, 0, NULL }

static const bourse_limit limits[OKX_LIMITS] = {
    [OKX_PUBLIC_10] = LIMIT("public 10", 10, 2, ADDRESS),
    [OKX_PUBLIC_20] = LIMIT("public 20", 20, 2, ADDRESS),
    [OKX_BOOKS] = LIMIT("books and candles", 40, 2, ADDRESS),
    [OKX_TRADES] = LIMIT("trades", 100, 2, ADDRESS),
    [OKX_STATUS] = LIMIT("status", 1, 5, ADDRESS),
    [OKX_ORDERS] = LIMIT("orders", 60, 2, MARKET),
    [OKX_ORDER_BATCHES] = LIMIT("orders in batches", 300, 2, MARKET),
    [OKX_EDITS] = LIMIT("edits", 60, 2, MARKET),
    [OKX_EDIT_BATCHES] = LIMIT("edits in batches", 300, 2, MARKET),
    [OKX_CANCELS] = LIMIT("cancels", 60, 2, MARKET),
    [OKX_CANCEL_BATCHES] = LIMIT("cancels in batches", 300, 2, MARKET),
    [OKX_LOOKUPS] = LIMIT("order lookups", 60, 2, MARKET),
    [OKX_ALGOS] = LIMIT("strategies", 20, 2, MARKET),
    [OKX_ALGO_CANCELS] = LIMIT("strategies' cancels", 20, 2, MARKET),
    [OKX_NEW_ORDERS] = LIMIT("new orders", 1000, 2, ACCOUNT),
    [OKX_LISTS] = LIMIT("lists", 60, 2, ACCOUNT),
    [OKX_HISTORY] = LIMIT("history", 10, 2, ACCOUNT),
    [OKX_ALGO_LISTS] = LIMIT("strategies' lists", 20, 2, ACCOUNT),
    [OKX_ACCOUNT_5] = LIMIT("account 5", 5, 2, ACCOUNT),
    [OKX_ACCOUNT_10] = LIMIT("account 10", 10, 2, ACCOUNT),
    [OKX_ACCOUNT_20] = LIMIT("account 20", 20, 2, ACCOUNT),
    [OKX_ASSETS] = LIMIT("assets", 6, 1, ACCOUNT),
    [OKX_ONCE] = LIMIT("once a second", 1, 1, ACCOUNT),
};

/* clang-format off: rows stay rows */
#define SPOT    BOURSE_FOR_SPOT
#define MARGIN  BOURSE_FOR_MARGIN
#define FUTURES BOURSE_FOR_FUTURES
#define OPTION  BOURSE_FOR_OPTION
#define TRADED  (SPOT | MARGIN | FUTURES)
#define LISTED  (SPOT | FUTURES | OPTION)

#define NATIVE(operation_, products_) \
  { BOURSE_OP_##operation_, (products_), 0 }
#define EMULATED(operation_, products_) \
  { BOURSE_OP_##operation_, 0, (products_) }

/* Emulated: made of several requests, or picked out of a longer reply. */
static const bourse_capability capabilities[] = {
    NATIVE(FETCH_TIME, LISTED),
    NATIVE(FETCH_STATUS, LISTED),
    NATIVE(FETCH_MARKETS, LISTED),
    NATIVE(FETCH_CURRENCIES, SPOT),
    NATIVE(FETCH_TICKER, LISTED),
    NATIVE(FETCH_TICKERS, LISTED),
    EMULATED(FETCH_BIDS_ASKS, LISTED),
    EMULATED(FETCH_LAST_PRICES, LISTED),
    NATIVE(FETCH_ORDER_BOOK, LISTED),
    NATIVE(FETCH_TRADES, LISTED),
    NATIVE(FETCH_CANDLES, LISTED),
    NATIVE(FETCH_MARK_PRICES, LISTED),
    NATIVE(FETCH_FUNDING_RATE, FUTURES),
    NATIVE(FETCH_FUNDING_RATES, FUTURES),
    NATIVE(FETCH_FUNDING_RATE_HISTORY, FUTURES),
    EMULATED(FETCH_FUNDING_INTERVALS, FUTURES),
    NATIVE(FETCH_OPEN_INTEREST, FUTURES | OPTION),
    NATIVE(FETCH_OPEN_INTEREST_HISTORY, FUTURES),
    NATIVE(FETCH_LEVERAGE_TIERS, MARGIN | FUTURES),
    NATIVE(FETCH_BALANCES, TRADED),
    NATIVE(FETCH_BALANCE, TRADED),
    NATIVE(FETCH_POSITIONS, MARGIN | FUTURES),
    NATIVE(FETCH_POSITION, MARGIN | FUTURES),
    NATIVE(FETCH_LEVERAGES, MARGIN | FUTURES),
    NATIVE(FETCH_LEVERAGE, MARGIN | FUTURES),
    NATIVE(SET_LEVERAGE, MARGIN | FUTURES),
    NATIVE(SET_MARGIN_MODE, FUTURES),
    NATIVE(FETCH_POSITION_MODE, FUTURES),
    NATIVE(SET_POSITION_MODE, FUTURES),
    NATIVE(SET_MULTI_ASSETS_MODE, FUTURES),
    NATIVE(ADD_MARGIN, FUTURES),
    NATIVE(REDUCE_MARGIN, FUTURES),
    NATIVE(FETCH_TRADING_FEE, SPOT | FUTURES),
    NATIVE(FETCH_FUNDING_HISTORY, FUTURES),
    NATIVE(FETCH_LEDGER, TRADED),
    NATIVE(FETCH_PERMISSIONS, TRADED),
    NATIVE(FETCH_ACCOUNTS, SPOT),
    NATIVE(CREATE_ORDER, TRADED),
    NATIVE(CREATE_ORDERS, TRADED),
    NATIVE(CREATE_ORDER_LIST, TRADED),
    NATIVE(EDIT_ORDER, TRADED),
    NATIVE(EDIT_ORDERS, TRADED),
    NATIVE(CANCEL_ORDER, TRADED),
    NATIVE(CANCEL_ORDERS, TRADED),
    EMULATED(CANCEL_ALL_ORDERS, TRADED),
    NATIVE(CANCEL_ALL_ORDERS_AFTER, TRADED),
    NATIVE(CANCEL_ORDER_LIST, TRADED),
    NATIVE(CLOSE_POSITION, MARGIN | FUTURES),
    NATIVE(FETCH_ORDER, TRADED),
    EMULATED(FETCH_ORDERS, TRADED),
    NATIVE(FETCH_OPEN_ORDERS, TRADED),
    NATIVE(FETCH_CLOSED_ORDERS, TRADED),
    NATIVE(FETCH_CANCELED_ORDERS, TRADED),
    NATIVE(FETCH_MY_TRADES, TRADED),
    NATIVE(FETCH_ORDER_TRADES, TRADED),
    NATIVE(FETCH_ORDER_LIST, TRADED),
    NATIVE(TRANSFER, TRADED),
    EMULATED(FETCH_TRANSFERS, TRADED),
    NATIVE(FETCH_DEPOSIT_ADDRESS, SPOT),
    NATIVE(FETCH_DEPOSIT_ADDRESSES, SPOT),
    NATIVE(FETCH_DEPOSITS, SPOT),
    NATIVE(FETCH_WITHDRAWALS, SPOT),
    NATIVE(WITHDRAW, SPOT),
    NATIVE(BORROW_MARGIN, SPOT | MARGIN),
    NATIVE(REPAY_MARGIN, SPOT | MARGIN),
    NATIVE(FETCH_BORROW_RATE, SPOT | MARGIN),
    NATIVE(FETCH_BORROW_RATES, SPOT | MARGIN),
    NATIVE(FETCH_BORROW_RATE_HISTORY, SPOT | MARGIN),
    NATIVE(FETCH_BORROW_INTEREST, SPOT | MARGIN),
    NATIVE(FETCH_LOANS, SPOT | MARGIN),
    NATIVE(WATCH_TICKER, LISTED),
    NATIVE(WATCH_TICKERS, LISTED),
    NATIVE(WATCH_BIDS_ASKS, LISTED),
    NATIVE(WATCH_ORDER_BOOK, LISTED),
    NATIVE(WATCH_TRADES, LISTED),
    NATIVE(WATCH_CANDLES, LISTED),
    NATIVE(WATCH_MARK_PRICE, FUTURES | OPTION),
    NATIVE(WATCH_LIQUIDATIONS, FUTURES),
    NATIVE(WATCH_ORDERS, TRADED),
    NATIVE(WATCH_MY_TRADES, TRADED),
    NATIVE(WATCH_BALANCES, TRADED),
    NATIVE(WATCH_POSITIONS, MARGIN | FUTURES),
};

/* --- Endpoints ---
 *
 * A row: operation, where it holds, what it takes from which budget, method and path, build, parse, and what else it has. */

#define B(name_) bourse__okx_build_##name_
#define P(name_) bourse__okx_parse_##name_
#define NONE     NULL

#define OPEN(operation_, products_, bucket_, path_, build_, ...)                                                       \
  {                                                                                                                    \
    .operation = BOURSE_OP_##operation_, .products = (products_), .security = BOURSE_SECURITY_PUBLIC, .host = OKX_API, \
    .method = "GET", .path = "/api/v5/" path_, .costs = {{OKX_##bucket_, 1}}, .build = build_, .parse = __VA_ARGS__    \
  }
#define SIGNED(operation_, products_, costs_, method_, path_, build_, ...)                                             \
  {                                                                                                                    \
    .operation = BOURSE_OP_##operation_, .products = (products_), .security = BOURSE_SECURITY_SIGNED, .host = OKX_API, \
    .method = #method_, .path = "/api/v5/" path_, .costs = costs_, .build = build_, .parse = __VA_ARGS__               \
  }
/* As a message over the socket of the account: its name is the method. */
#define MESSAGE(operation_, costs_, name_, build_, ...)                                                             \
  {                                                                                                                 \
    .operation = BOURSE_OP_##operation_, .products = TRADED, .security = BOURSE_SECURITY_SIGNED,                    \
    .host = OKX_SOCKET_PRIVATE, .method = name_, .path = "", .costs = costs_, .build = build_, .parse = __VA_ARGS__ \
  }
#define C(bucket_)       \
  {                      \
    { OKX_##bucket_, 1 } \
  }
#define PLACES(bucket_)                       \
  {                                           \
    {OKX_##bucket_, 1}, { OKX_NEW_ORDERS, 1 } \
  }

#define ACTS           .flags = BOURSE_ENDPOINT_ACTS
#define SETS           .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE
#define CANCELS        .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE | BOURSE_ENDPOINT_URGENT
#define URGENT         .flags = BOURSE_ENDPOINT_URGENT
#define VARIANT(bits_) .variant = (bits_)
#define AS(bits_)      .variant = (bits_) | OKX_OVER_SOCKET
#define SOCKET         BOURSE_ENDPOINT_SOCKET
#define PAGE(n_)       .page_max = (n_)

static const bourse_endpoint endpoints[] = {
    /* Orders first: these are looked up in a hurry. */
    SIGNED(CREATE_ORDER, TRADED, PLACES(ORDERS), POST, "trade/order", B(order), P(order), ACTS),
    SIGNED(CANCEL_ORDER, TRADED, C(CANCELS), POST, "trade/cancel-order", B(cancel), P(cancel), CANCELS),
    SIGNED(EDIT_ORDER, TRADED, PLACES(EDITS), POST, "trade/amend-order", B(edit), P(edit), ACTS),
    SIGNED(CREATE_ORDERS, TRADED, PLACES(ORDER_BATCHES), POST, "trade/batch-orders", B(batch), P(batch), ACTS,
           VARIANT(OKX_BATCH)),
    SIGNED(EDIT_ORDERS, TRADED, PLACES(EDIT_BATCHES), POST, "trade/amend-batch-orders", B(batch_edits), P(batch), ACTS,
           VARIANT(OKX_BATCH)),
    SIGNED(CANCEL_ORDERS, TRADED, C(CANCEL_BATCHES), POST, "trade/cancel-batch-orders", B(batch_cancel),
           P(batch_cancel), CANCELS, VARIANT(OKX_BATCH)),
    SIGNED(CREATE_ORDER, TRADED, C(ACCOUNT_5), POST, "trade/order-precheck", B(order), P(test), SETS,
           VARIANT(OKX_TEST)),
    SIGNED(CREATE_ORDER, TRADED, C(ALGOS), POST, "trade/order-algo", B(algo), P(order), ACTS, VARIANT(OKX_ALGO)),
    SIGNED(CREATE_ORDER_LIST, TRADED, C(ALGOS), POST, "trade/order-algo", B(pair), P(pair),
           ACTS | BOURSE_ENDPOINT_BY_LIST),
    SIGNED(EDIT_ORDER, TRADED, C(ALGOS), POST, "trade/amend-algos", B(edit_algo), P(edit), ACTS, VARIANT(OKX_ALGO)),
    SIGNED(CANCEL_ORDER, TRADED, C(ALGO_CANCELS), POST, "trade/cancel-algos", B(cancel_algo), P(cancel), CANCELS,
           VARIANT(OKX_ALGO)),
    SIGNED(CANCEL_ORDERS, TRADED, C(ALGO_CANCELS), POST, "trade/cancel-algos", B(batch_cancel), P(batch_cancel),
           CANCELS, VARIANT(OKX_ALGO | OKX_BATCH)),
    SIGNED(CANCEL_ORDER_LIST, TRADED, C(ALGO_CANCELS), POST, "trade/cancel-algos", B(cancel_list), P(cancel), CANCELS),
    SIGNED(CANCEL_ALL_ORDERS, TRADED, C(LISTS), GET, "trade/orders-pending", B(open_orders), P(orders_to_cancel),
           URGENT, VARIANT(OKX_FIRST)),
    SIGNED(CANCEL_ALL_ORDERS, TRADED, C(ALGO_LISTS), GET, "trade/orders-algo-pending", B(open_algos),
           P(orders_to_cancel), URGENT, VARIANT(OKX_FIRST | OKX_ALGO)),
    SIGNED(CANCEL_ALL_ORDERS_AFTER, TRADED, C(ONCE), POST, "trade/cancel-all-after", B(cancel_all_after),
           P(cancel_all_after), CANCELS),
    SIGNED(CLOSE_POSITION, MARGIN | FUTURES, C(ACCOUNT_20), POST, "trade/close-position", B(close_position),
           P(close_position), .flags = BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_URGENT),

    MESSAGE(CREATE_ORDER, PLACES(ORDERS), "order", B(order), P(order), ACTS | SOCKET, AS(OKX_USUAL)),
    MESSAGE(CANCEL_ORDER, C(CANCELS), "cancel-order", B(cancel), P(cancel), CANCELS | SOCKET, AS(OKX_USUAL)),
    MESSAGE(EDIT_ORDER, PLACES(EDITS), "amend-order", B(edit), P(edit), ACTS | SOCKET, AS(OKX_USUAL)),
    MESSAGE(CREATE_ORDERS, PLACES(ORDER_BATCHES), "batch-orders", B(batch), P(batch), ACTS | SOCKET, AS(OKX_BATCH)),
    MESSAGE(EDIT_ORDERS, PLACES(EDIT_BATCHES), "batch-amend-orders", B(batch_edits), P(batch), ACTS | SOCKET,
            AS(OKX_BATCH)),
    MESSAGE(CANCEL_ORDERS, C(CANCEL_BATCHES), "batch-cancel-orders", B(batch_cancel), P(batch_cancel), CANCELS | SOCKET,
            AS(OKX_BATCH)),

    SIGNED(FETCH_ORDER, TRADED, C(LOOKUPS), GET, "trade/order", B(order_id), P(orders)),
    SIGNED(FETCH_ORDER, TRADED, C(ALGO_LISTS), GET, "trade/order-algo", B(algo_id), P(algos), VARIANT(OKX_ALGO)),
    SIGNED(FETCH_ORDER_LIST, TRADED, C(ALGO_LISTS), GET, "trade/order-algo", B(list_id), P(algo_list)),
    SIGNED(FETCH_OPEN_ORDERS, TRADED, C(LISTS), GET, "trade/orders-pending", B(open_orders), P(orders)),
    SIGNED(FETCH_OPEN_ORDERS, TRADED, C(ALGO_LISTS), GET, "trade/orders-algo-pending", B(open_algos), P(algos),
           VARIANT(OKX_ALGO)),
    SIGNED(FETCH_ORDERS, TRADED, C(LISTS), GET, "trade/orders-pending", B(open_orders), P(orders), VARIANT(OKX_FIRST)),
    SIGNED(FETCH_ORDERS, TRADED, C(ALGO_LISTS), GET, "trade/orders-algo-pending", B(open_algos), P(algos),
           VARIANT(OKX_FIRST | OKX_ALGO)),
    SIGNED(FETCH_ORDERS, TRADED, C(LISTS), GET, "trade/orders-history", B(past_orders), P(orders)),
    SIGNED(FETCH_ORDERS, TRADED, C(ACCOUNT_20), GET, "trade/orders-history-archive", B(past_orders), P(orders),
           VARIANT(OKX_PAST)),
    SIGNED(FETCH_ORDERS, TRADED, C(ALGO_LISTS), GET, "trade/orders-algo-history", B(past_algos), P(algos),
           VARIANT(OKX_ALGO)),
    SIGNED(FETCH_CLOSED_ORDERS, TRADED, C(LISTS), GET, "trade/orders-history", B(past_orders), P(orders)),
    SIGNED(FETCH_CLOSED_ORDERS, TRADED, C(ACCOUNT_20), GET, "trade/orders-history-archive", B(past_orders), P(orders),
           VARIANT(OKX_PAST)),
    SIGNED(FETCH_CLOSED_ORDERS, TRADED, C(ALGO_LISTS), GET, "trade/orders-algo-history", B(past_algos), P(algos),
           VARIANT(OKX_ALGO)),
    SIGNED(FETCH_MY_TRADES, TRADED, C(LISTS), GET, "trade/fills", B(fills), P(fills)),
    SIGNED(FETCH_MY_TRADES, TRADED, C(HISTORY), GET, "trade/fills-history", B(fills), P(fills), VARIANT(OKX_PAST)),
    SIGNED(FETCH_ORDER_TRADES, TRADED, C(LISTS), GET, "trade/fills", B(fills), P(fills)),
    SIGNED(FETCH_ORDER_TRADES, TRADED, C(HISTORY), GET, "trade/fills-history", B(fills), P(fills), VARIANT(OKX_PAST)),

    OPEN(FETCH_TIME, LISTED, PUBLIC_10, "public/time", NONE, P(time)),
    OPEN(FETCH_STATUS, LISTED, STATUS, "system/status", NONE, P(status)),
    OPEN(FETCH_MARKETS, LISTED, PUBLIC_20, "public/instruments", B(instruments), P(instruments)),
    OPEN(FETCH_MARKETS, OPTION, PUBLIC_20, "public/underlying", B(instruments), P(families), VARIANT(OKX_FIRST)),
    OPEN(FETCH_TICKER, LISTED, PUBLIC_20, "market/ticker", B(market), P(tickers)),
    OPEN(FETCH_TICKERS, LISTED, PUBLIC_20, "market/tickers", B(type), P(tickers)),
    OPEN(FETCH_ORDER_BOOK, LISTED, BOOKS, "market/books", B(book), P(book)),
    OPEN(FETCH_ORDER_BOOK, LISTED, PUBLIC_10, "market/books-full", B(book), P(book), VARIANT(OKX_FULL)),
    OPEN(FETCH_TRADES, LISTED, TRADES, "market/trades", B(trades), P(trades)),
    OPEN(FETCH_TRADES, LISTED, PUBLIC_10, "market/history-trades", B(past_trades), P(past_trades), VARIANT(OKX_PAST)),
    OPEN(FETCH_CANDLES, LISTED, BOOKS, "market/candles", B(candles), P(candles), PAGE(300)),
    OPEN(FETCH_CANDLES, LISTED, PUBLIC_20, "market/history-candles", B(candles), P(candles), PAGE(300),
         VARIANT(OKX_PAST)),
    OPEN(FETCH_CANDLES, LISTED, PUBLIC_20, "market/mark-price-candles", B(candles), P(price_candles), PAGE(100),
         VARIANT(OKX_MARK)),
    OPEN(FETCH_CANDLES, LISTED, PUBLIC_10, "market/history-mark-price-candles", B(candles), P(price_candles), PAGE(100),
         VARIANT(OKX_MARK | OKX_PAST)),
    OPEN(FETCH_CANDLES, LISTED, PUBLIC_20, "market/index-candles", B(index_candles), P(price_candles), PAGE(100),
         VARIANT(OKX_INDEX)),
    OPEN(FETCH_CANDLES, LISTED, PUBLIC_10, "market/history-index-candles", B(index_candles), P(price_candles),
         PAGE(100), VARIANT(OKX_INDEX | OKX_PAST)),
    OPEN(FETCH_MARK_PRICES, LISTED, PUBLIC_10, "public/mark-price", B(mark_prices), P(mark_prices)),
    OPEN(FETCH_FUNDING_RATES, FUTURES, PUBLIC_10, "public/funding-rate", B(any), P(funding_rates)),
    OPEN(FETCH_FUNDING_RATE_HISTORY, FUTURES, PUBLIC_10, "public/funding-rate-history", B(funding_history),
         P(funding_history)),
    OPEN(FETCH_OPEN_INTEREST, FUTURES | OPTION, PUBLIC_20, "public/open-interest", B(type_and_market),
         P(open_interest)),
    OPEN(FETCH_OPEN_INTEREST_HISTORY, FUTURES, PUBLIC_10, "rubik/stat/contracts/open-interest-history",
         B(interest_history), P(interest_history), PAGE(100)),
    OPEN(FETCH_LEVERAGE_TIERS, MARGIN | FUTURES, PUBLIC_10, "public/position-tiers", B(tiers), P(tiers)),

    SIGNED(FETCH_CURRENCIES, SPOT, C(ASSETS), GET, "asset/currencies", B(currencies), P(currencies)),
    SIGNED(FETCH_BALANCES, TRADED, C(ACCOUNT_10), GET, "account/balance", B(balances), P(balances)),
    SIGNED(FETCH_BALANCES, TRADED, C(ASSETS), GET, "asset/balances", B(balances), P(funding_balances),
           VARIANT(OKX_FUNDING)),
    SIGNED(FETCH_BALANCES, TRADED, C(ONCE), GET, "asset/asset-valuation", B(balances), P(sums), VARIANT(OKX_SUMS)),
    SIGNED(FETCH_POSITIONS, MARGIN | FUTURES, C(ACCOUNT_10), GET, "account/positions", B(positions), P(positions)),
    SIGNED(FETCH_LEVERAGES, MARGIN | FUTURES, C(ACCOUNT_20), GET, "account/leverage-info", B(leverages), P(leverages)),
    SIGNED(SET_LEVERAGE, MARGIN | FUTURES, C(ACCOUNT_20), POST, "account/set-leverage", B(set_leverage), P(receipt),
           SETS),
    SIGNED(FETCH_POSITION_MODE, FUTURES, C(ACCOUNT_5), GET, "account/config", NONE, P(position_mode)),
    SIGNED(SET_POSITION_MODE, FUTURES, C(ACCOUNT_5), POST, "account/set-position-mode", B(position_mode), P(receipt),
           SETS),
    SIGNED(SET_MULTI_ASSETS_MODE, FUTURES, C(ACCOUNT_5), POST, "account/set-account-level", B(account_mode), P(receipt),
           SETS),
    SIGNED(ADD_MARGIN, FUTURES, C(ACCOUNT_20), POST, "account/position/margin-balance", B(margin), P(receipt), ACTS),
    SIGNED(FETCH_TRADING_FEE, SPOT | FUTURES, C(ACCOUNT_5), GET, "account/trade-fee", B(fee), P(fee)),
    SIGNED(FETCH_LEDGER, TRADED, C(ACCOUNT_10), GET, "account/bills", B(ledger), P(ledger)),
    SIGNED(FETCH_LEDGER, TRADED, C(ACCOUNT_5), GET, "account/bills-archive", B(ledger), P(ledger), VARIANT(OKX_PAST)),
    SIGNED(FETCH_LEDGER, TRADED, C(ASSETS), GET, "asset/bills", B(ledger), P(ledger), VARIANT(OKX_FUNDING)),
    SIGNED(FETCH_PERMISSIONS, TRADED, C(ACCOUNT_5), GET, "account/config", NONE, P(permissions)),
    SIGNED(FETCH_ACCOUNTS, SPOT, C(ACCOUNT_5), GET, "account/config", NONE, P(accounts)),

    SIGNED(TRANSFER, TRADED, C(ONCE), POST, "asset/transfer", B(transfer), P(transfer), ACTS),
    SIGNED(FETCH_DEPOSIT_ADDRESS, SPOT, C(ASSETS), GET, "asset/deposit-address", B(coin), P(addresses)),
    SIGNED(FETCH_DEPOSITS, SPOT, C(ASSETS), GET, "asset/deposit-history", B(transactions), P(deposits)),
    SIGNED(FETCH_WITHDRAWALS, SPOT, C(ASSETS), GET, "asset/withdrawal-history", B(transactions), P(withdrawals)),
    SIGNED(WITHDRAW, SPOT, C(ASSETS), POST, "asset/withdrawal", B(withdraw), P(withdraw), ACTS),
    SIGNED(BORROW_MARGIN, SPOT | MARGIN, C(ONCE), POST, "account/spot-manual-borrow-repay", B(loan), P(loan), ACTS),
    SIGNED(FETCH_BORROW_RATE, SPOT | MARGIN, C(ACCOUNT_5), GET, "account/interest-rate", B(coin), P(rates)),
    SIGNED(FETCH_BORROW_INTEREST, SPOT | MARGIN, C(ACCOUNT_5), GET, "account/interest-accrued", B(interest),
           P(interest)),
    SIGNED(FETCH_LOANS, SPOT | MARGIN, C(ACCOUNT_5), GET, "account/spot-borrow-repay-history", B(rate_history),
           P(loans)),
    OPEN(FETCH_BORROW_RATE_HISTORY, SPOT | MARGIN, PUBLIC_10, "finance/savings/lending-rate-history", B(rate_history),
         P(rate_history)),
};

/* clang-format on */

/* The library knows it, as it goes by hosts. */
static int32_t read_setting(void *handle, const bourse_param *setting) {
  (void)handle;
  return strcmp(setting->name, "region") == 0;
}

static int32_t open_handle(bourse_open_call *call) {
  bourse__okx_state *state = call->state;
  state->environment = call->options->environment;
  if (state->environment == 0 && call->options->credentials != NULL)
    state->environment = call->options->credentials->environment;
  int32_t code = bourse_read_settings(call, read_setting, "is region = global, eea or us");
  return code == BOURSE_OK ? bourse_need_key(call, 1u << BOURSE_KEY_HMAC, "secrets for HMAC, as they are") : code;
}

const bourse_adapter bourse__okx_adapter = {
    .struct_size = sizeof(bourse_adapter),
    .api_version = BOURSE_API_VERSION,
    .name = "okx",
    .title = "OKX",
    .hosts = hosts,
    .host_count = OKX_HOSTS,
    .regions = regions,
    .region_count = COUNT(regions),
    .capabilities = capabilities,
    .capability_count = COUNT(capabilities),
    .endpoints = endpoints,
    .endpoint_count = COUNT(endpoints),
    .limits = limits,
    .limit_count = OKX_LIMITS,
    .products = SPOT | MARGIN | FUTURES | OPTION,
    .together = FUTURES,
    .state_size = sizeof(bourse__okx_state),
    .needs_passphrase = BOURSE_YES,
    .client_id_max = 32,
    .client_id_extra = "",
    .conditional_apart = BOURSE_YES,
    .not_found_grace_ms = 30000, /* that is how old the time of a signed request may be */
    .open = open_handle,
    .route = bourse__okx_route,
    .sign = bourse__okx_sign,
    .error = bourse__okx_error,
    .stream = &bourse__okx_stream,
};
