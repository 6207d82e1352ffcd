/* api/operation.c - the one table of operations: name, arguments, kind of result. Everything that knows operations by name
 * (calls, command line, capability table, documentation, bindings) reads it. */
#include <bourse/request.h>
#include <bourse/result.h>

#include <string.h>

#include "api/schema.h"

#define A(argument_) (UINT64_C(1) << ARG_##argument_)

/* Accepted by every operation. */
#define ANY (A(PRODUCT) | A(ACCOUNT) | A(PARAMS) | A(TIMEOUT) | A(KEEP_RAW))
#define RANGE (A(SINCE) | A(UNTIL) | A(LIMIT) | A(CURSOR))
#define ONE_ORDER (A(ORDER_ID) | A(CLIENT_ORDER_ID))

#define PRIVATE BOURSE_OPERATION_PRIVATE
#define ACTS (BOURSE_OPERATION_PRIVATE | BOURSE_OPERATION_ACTS)
#define MONEY (BOURSE_OPERATION_PRIVATE | BOURSE_OPERATION_ACTS | BOURSE_OPERATION_MONEY)
#define ORDER BOURSE_OPERATION_ORDER
#define ORDERS BOURSE_OPERATION_ORDERS
#define MARKETS BOURSE_OPERATION_MARKETS
#define COMPOSED BOURSE_OPERATION_COMPOSED
#define STREAM (BOURSE_OPERATION_STREAM | BOURSE_OPERATION_MARKETS)
#define OWN_STREAM (BOURSE_OPERATION_STREAM | BOURSE_OPERATION_MARKETS | BOURSE_OPERATION_PRIVATE)
#define SOME (A(SYMBOL) | A(SYMBOLS))

#define OP(operation_, name_, kind_, flags_, required_, optional_, text_) \
  { BOURSE_OP_##operation_, BOURSE_KIND_##kind_, name_, text_, (required_), (required_) | (optional_) | ANY, (flags_), 0 }

static const bourse_operation_info operations[] = {
    OP(FETCH_TIME, "fetch_time", SERVER_TIME, 0, 0, 0, "The exchange's clock."),
    OP(FETCH_STATUS, "fetch_status", SYSTEM_STATUS, 0, 0, 0, "Whether the exchange works or is under maintenance."),
    OP(FETCH_MARKETS, "fetch_markets", MARKET, 0, 0, 0, "All markets, of one product or of all."),
    OP(FETCH_CURRENCIES, "fetch_currencies", CURRENCY, 0, 0, A(CURRENCY),
       "Currencies, their networks, minimum withdrawals and fees."),
    OP(FETCH_TICKER, "fetch_ticker", TICKER, MARKETS, A(SYMBOL), 0, "Price and volume of one market over 24 hours."),
    OP(FETCH_TICKERS, "fetch_tickers", TICKER, MARKETS, 0, A(SYMBOLS), "Tickers of several or all markets of a product."),
    OP(FETCH_BIDS_ASKS, "fetch_bids_asks", TICKER, MARKETS, 0, A(SYMBOLS), "Best bid and ask of several or all markets."),
    OP(FETCH_LAST_PRICES, "fetch_last_prices", TICKER, MARKETS, 0, A(SYMBOLS), "Last price of several or all markets."),
    OP(FETCH_ORDER_BOOK, "fetch_order_book", ORDER_BOOK, MARKETS, A(SYMBOL), A(LIMIT), "Bids and asks; limit is the depth."),
    OP(FETCH_TRADES, "fetch_trades", TRADE, MARKETS, A(SYMBOL), RANGE, "Public trades, oldest first."),
    OP(FETCH_CANDLES, "fetch_candles", CANDLE, MARKETS, A(SYMBOL) | A(TIMEFRAME), RANGE | A(PRICE_KIND),
       "Open, high, low, close and volume by time, oldest first."),
    OP(FETCH_MARK_PRICES, "fetch_mark_prices", TICKER, MARKETS, 0, A(SYMBOL) | A(SYMBOLS),
       "Mark and index price of futures markets."),
    OP(FETCH_FUNDING_RATE, "fetch_funding_rate", FUNDING_RATE, MARKETS, A(SYMBOL), 0, "Funding of one perpetual now."),
    OP(FETCH_FUNDING_RATES, "fetch_funding_rates", FUNDING_RATE, MARKETS, 0, A(SYMBOLS), "Funding of all perpetuals now."),
    OP(FETCH_FUNDING_RATE_HISTORY, "fetch_funding_rate_history", FUNDING_RATE, MARKETS, 0, A(SYMBOL) | RANGE,
       "Past funding of a perpetual, oldest first."),
    OP(FETCH_FUNDING_INTERVALS, "fetch_funding_intervals", FUNDING_RATE, MARKETS, 0, A(SYMBOLS),
       "Time between settlements, and bounds of the rate, where they are not the usual ones."),
    OP(FETCH_OPEN_INTEREST, "fetch_open_interest", OPEN_INTEREST, MARKETS, A(SYMBOL), 0, "Open interest of one market now."),
    OP(FETCH_OPEN_INTEREST_HISTORY, "fetch_open_interest_history", OPEN_INTEREST, MARKETS, A(SYMBOL),
       A(TIMEFRAME) | RANGE, "Past open interest, oldest first."),
    OP(FETCH_LEVERAGE_TIERS, "fetch_leverage_tiers", LEVERAGE_TIER, MARKETS, 0, A(SYMBOL) | A(SYMBOLS) | A(MARGIN_MODE),
       "How much leverage a position of some size may have."),

    OP(FETCH_BALANCES, "fetch_balances", BALANCE, PRIVATE | MARKETS, 0,
       A(WALLET) | A(MARGIN_MODE) | A(SYMBOLS) | A(CURRENCY), "Balances of one wallet, or of all together."),
    OP(FETCH_BALANCE, "fetch_balance", BALANCE, PRIVATE | MARKETS, A(CURRENCY), A(WALLET) | A(MARGIN_MODE) | A(SYMBOLS),
       "Balance of one currency in one wallet."),
    OP(FETCH_POSITIONS, "fetch_positions", POSITION, PRIVATE | MARKETS, 0, A(SYMBOLS), "Open positions."),
    OP(FETCH_POSITION, "fetch_position", POSITION, PRIVATE | MARKETS, A(SYMBOL), 0, "The position in one market."),
    OP(FETCH_LEVERAGES, "fetch_leverages", LEVERAGE, PRIVATE | MARKETS, 0, A(SYMBOLS), "Leverage and margin mode as set."),
    OP(FETCH_LEVERAGE, "fetch_leverage", LEVERAGE, PRIVATE | MARKETS, A(SYMBOL), A(MARGIN_MODE),
       "Leverage of one market as set."),
    OP(SET_LEVERAGE, "set_leverage", RECEIPT, ACTS | MARKETS, A(LEVERAGE), A(SYMBOL) | A(MARGIN_MODE) | A(POSITION_SIDE),
       "Sets the leverage of a market."),
    OP(SET_MARGIN_MODE, "set_margin_mode", RECEIPT, ACTS | MARKETS, A(MARGIN_MODE), A(SYMBOL) | A(LEVERAGE),
       "Sets cross or isolated margin for a market."),
    OP(FETCH_POSITION_MODE, "fetch_position_mode", LEVERAGE, PRIVATE, 0, A(SYMBOL),
       "Whether long and short positions stand side by side."),
    OP(SET_POSITION_MODE, "set_position_mode", RECEIPT, ACTS, A(HEDGED), A(SYMBOL),
       "Chooses one position a market, or long and short side by side."),
    OP(SET_MULTI_ASSETS_MODE, "set_multi_assets_mode", RECEIPT, ACTS, A(MULTI_ASSETS), 0,
       "Chooses whether all currencies are collateral."),
    OP(ADD_MARGIN, "add_margin", RECEIPT, MONEY | MARKETS, A(SYMBOL) | A(AMOUNT), A(POSITION_SIDE),
       "Adds collateral to an isolated position."),
    OP(REDUCE_MARGIN, "reduce_margin", RECEIPT, MONEY | MARKETS, A(SYMBOL) | A(AMOUNT), A(POSITION_SIDE),
       "Takes collateral from an isolated position."),
    OP(FETCH_TRADING_FEE, "fetch_trading_fee", FEE, PRIVATE | MARKETS, A(SYMBOL), 0, "Own fees in one market."),
    OP(FETCH_TRADING_FEES, "fetch_trading_fees", FEE, PRIVATE | MARKETS, 0, A(SYMBOLS), "Own fees in all markets."),
    OP(FETCH_FUNDING_HISTORY, "fetch_funding_history", LEDGER_ENTRY, PRIVATE | MARKETS, 0, A(SYMBOL) | RANGE,
       "Funding paid and received."),
    OP(FETCH_LEDGER, "fetch_ledger", LEDGER_ENTRY, PRIVATE | MARKETS, 0,
       A(SYMBOL) | A(CURRENCY) | A(WALLET) | A(MARGIN_MODE) | A(ID) | RANGE, "The account's book, oldest first."),
    OP(FETCH_PERMISSIONS, "fetch_permissions", PERMISSIONS, PRIVATE, 0, 0, "What the key may do."),
    OP(FETCH_ACCOUNTS, "fetch_accounts", ACCOUNT_INFO, PRIVATE, 0, RANGE, "Accounts or portfolios below the login."),
    OP(FETCH_MARGIN_MODE, "fetch_margin_mode", LEVERAGE, PRIVATE | MARKETS, A(SYMBOL), 0,
       "Margin mode of one market as set."),

    OP(CREATE_ORDER, "create_order", ORDER, MONEY | MARKETS | ORDER, A(ORDERS), 0, "Places one order."),
    OP(CREATE_ORDERS, "create_orders", ORDER, MONEY | MARKETS | ORDERS, A(ORDERS), 0,
       "Places several orders; each answer tells its own fate."),
    OP(CREATE_ORDER_LIST, "create_order_list", ORDER, MONEY | MARKETS | ORDERS, A(ORDERS) | A(LIST_KIND),
       A(CLIENT_ORDER_ID), "Places orders that hang together: one cancels the other, one triggers the other."),
    OP(EDIT_ORDER, "edit_order", ORDER, MONEY | MARKETS | ORDER, A(ORDERS), ONE_ORDER | A(TRIGGER),
       "Changes price or amount of an open order."),
    OP(EDIT_ORDERS, "edit_orders", ORDER, MONEY | MARKETS | ORDERS, A(ORDERS), A(ORDER_IDS) | A(CLIENT_ORDER_IDS),
       "Changes several open orders."),
    OP(CANCEL_ORDER, "cancel_order", ORDER, MONEY | MARKETS, 0, A(SYMBOL) | ONE_ORDER | A(MARGIN_MODE) | A(TRIGGER),
       "Cancels one order, named by id or by client order id."),
    OP(CANCEL_ORDERS, "cancel_orders", ORDER, MONEY | MARKETS, 0,
       A(SYMBOL) | A(ORDER_IDS) | A(CLIENT_ORDER_IDS) | A(MARGIN_MODE) | A(TRIGGER), "Cancels several orders."),
    OP(CANCEL_ALL_ORDERS, "cancel_all_orders", ORDER, MONEY | MARKETS, 0, A(SYMBOL) | A(MARGIN_MODE) | A(TRIGGER),
       "Cancels all open orders, of a market where the exchange wants one."),
    OP(CANCEL_ALL_ORDERS_AFTER, "cancel_all_orders_after", RECEIPT, MONEY | MARKETS, A(TIMER), A(SYMBOL),
       "Dead man's switch: cancels all orders unless called again in time."),
    OP(CANCEL_ORDER_LIST, "cancel_order_list", ORDER, MONEY | MARKETS, 0,
       A(SYMBOL) | A(ID) | A(CLIENT_ORDER_ID) | A(MARGIN_MODE), "Cancels a list of orders that hang together."),
    OP(CANCEL_EVERY_ORDER, "cancel_every_order", ORDER, MONEY | COMPOSED, 0, 0,
       "Cancels all open orders of the account, in all its markets, and tells which are left."),
    OP(CLOSE_POSITION, "close_position", ORDER, MONEY | MARKETS, A(SYMBOL), A(POSITION_SIDE) | A(MARGIN_MODE) |
       A(CLIENT_ORDER_ID), "Closes a position at the market."),
    OP(FETCH_ORDER, "fetch_order", ORDER, PRIVATE | MARKETS, 0, A(SYMBOL) | ONE_ORDER | A(MARGIN_MODE) | A(TRIGGER),
       "One order, named by id or by client order id."),
    OP(FETCH_ORDERS, "fetch_orders", ORDER, PRIVATE | MARKETS, 0, A(SYMBOL) | RANGE | A(MARGIN_MODE) | A(TRIGGER),
       "Orders of any status, oldest first."),
    OP(FETCH_OPEN_ORDERS, "fetch_open_orders", ORDER, PRIVATE | MARKETS, 0,
       A(SYMBOL) | RANGE | A(MARGIN_MODE) | A(TRIGGER), "Open orders."),
    OP(FETCH_CLOSED_ORDERS, "fetch_closed_orders", ORDER, PRIVATE | MARKETS, 0,
       A(SYMBOL) | RANGE | A(MARGIN_MODE) | A(TRIGGER), "Filled orders."),
    OP(FETCH_CANCELED_ORDERS, "fetch_canceled_orders", ORDER, PRIVATE | MARKETS, 0,
       A(SYMBOL) | RANGE | A(MARGIN_MODE) | A(TRIGGER), "Canceled orders."),
    OP(FETCH_MY_TRADES, "fetch_my_trades", FILL, PRIVATE | MARKETS, 0,
       A(SYMBOL) | A(ORDER_ID) | RANGE | A(MARGIN_MODE) | A(ID), "Own fills, oldest first; id: from that fill on."),
    OP(FETCH_ORDER_TRADES, "fetch_order_trades", FILL, PRIVATE | MARKETS, A(ORDER_ID), A(SYMBOL) | RANGE | A(MARGIN_MODE),
       "Fills of one order."),
    OP(FETCH_ORDER_LIST, "fetch_order_list", ORDER, PRIVATE | MARKETS, 0,
       A(SYMBOL) | A(ID) | A(CLIENT_ORDER_ID) | A(MARGIN_MODE), "The orders of one list."),
    OP(FETCH_ORDER_LISTS, "fetch_order_lists", ORDER, PRIVATE | MARKETS, 0, A(SYMBOL) | A(ID) | RANGE | A(MARGIN_MODE),
       "Order lists of any status."),
    OP(FETCH_OPEN_ORDER_LISTS, "fetch_open_order_lists", ORDER, PRIVATE | MARKETS, 0, A(SYMBOL) | A(MARGIN_MODE),
       "Open order lists."),
    OP(FETCH_ORDER_EDITS, "fetch_order_edits", ORDER, PRIVATE | MARKETS, A(SYMBOL), ONE_ORDER | RANGE,
       "What was changed of an order, oldest first."),
    OP(FETCH_MY_LIQUIDATIONS, "fetch_my_liquidations", ORDER, PRIVATE | MARKETS, 0, A(SYMBOL) | RANGE | A(MARGIN_MODE),
       "Orders by which the exchange closed own positions."),

    OP(RESOLVE_ORDER, "resolve_order", ORDER, PRIVATE | COMPOSED, A(CLIENT_ORDER_ID), A(SYMBOL) | A(MARGIN_MODE) | A(TRIGGER),
       "Settles the fate of an order whose answer was lost."),
    OP(RESOLVE_ORDERS, "resolve_orders", ORDER, PRIVATE | COMPOSED, 0, 0,
       "Settles the fate of all orders of the journal whose answers were lost."),
    OP(WAIT_ORDER, "wait_order", ORDER, PRIVATE | COMPOSED, 0, A(SYMBOL) | ONE_ORDER | A(MARGIN_MODE) | A(TRIGGER),
       "Waits until an order is filled, canceled, rejected or expired."),
    OP(RECONCILE_ORDERS, "reconcile_orders", ORDER, PRIVATE | MARKETS | COMPOSED, 0, A(SYMBOL) | A(MARGIN_MODE) | A(TRIGGER),
       "Holds the exchange's open orders against the journal: own, foreign and orphan ones."),
    OP(FETCH_JOURNAL, "fetch_journal", JOURNAL_ENTRY, PRIVATE | COMPOSED, 0, A(CLIENT_ORDER_ID),
       "What the journal knows of orders sent, transfers and withdrawals; nothing is sent."),

    OP(TRANSFER, "transfer", TRANSFER, MONEY, A(CURRENCY) | A(AMOUNT) | A(FROM_WALLET) | A(TO_WALLET),
       A(FROM_SYMBOL) | A(TO_SYMBOL) | A(ID), "Moves money between own wallets."),
    OP(FETCH_TRANSFERS, "fetch_transfers", TRANSFER, PRIVATE, 0,
       A(CURRENCY) | A(FROM_WALLET) | A(TO_WALLET) | A(FROM_SYMBOL) | A(TO_SYMBOL) | RANGE, "Transfers between own wallets."),
    OP(FETCH_DEPOSIT_ADDRESS, "fetch_deposit_address", DEPOSIT_ADDRESS, PRIVATE, A(CURRENCY), A(NETWORK),
       "Where to send a currency."),
    OP(FETCH_DEPOSIT_ADDRESSES, "fetch_deposit_addresses", DEPOSIT_ADDRESS, PRIVATE, A(CURRENCY), A(NETWORK),
       "Addresses of all networks of a currency."),
    OP(CREATE_DEPOSIT_ADDRESS, "create_deposit_address", DEPOSIT_ADDRESS, ACTS, A(CURRENCY), A(NETWORK),
       "Makes a new address."),
    OP(FETCH_DEPOSITS, "fetch_deposits", TRANSACTION, PRIVATE, 0, A(CURRENCY) | A(ID) | RANGE, "Deposits."),
    OP(FETCH_WITHDRAWALS, "fetch_withdrawals", TRANSACTION, PRIVATE, 0, A(CURRENCY) | A(ID) | RANGE, "Withdrawals."),
    OP(WITHDRAW, "withdraw", TRANSACTION, MONEY, A(CURRENCY) | A(AMOUNT) | A(ADDRESS),
       A(TAG) | A(NETWORK) | A(ID) | A(WALLET), "Sends money away; refused unless allowed at open."),
    OP(BORROW_MARGIN, "borrow_margin", LOAN, MONEY, A(CURRENCY) | A(AMOUNT), A(SYMBOL) | A(MARGIN_MODE),
       "Borrows; with a symbol: on its isolated margin account."),
    OP(REPAY_MARGIN, "repay_margin", LOAN, MONEY, A(CURRENCY) | A(AMOUNT), A(SYMBOL) | A(MARGIN_MODE), "Pays back."),
    OP(FETCH_BORROW_RATE, "fetch_borrow_rate", BORROW_RATE, PRIVATE, 0, A(CURRENCY) | A(SYMBOL) | A(MARGIN_MODE),
       "Interest of a currency, or of both currencies of an isolated market."),
    OP(FETCH_BORROW_RATES, "fetch_borrow_rates", BORROW_RATE, PRIVATE | MARKETS, 0, A(MARGIN_MODE), "Interest of all."),
    OP(FETCH_BORROW_RATE_HISTORY, "fetch_borrow_rate_history", BORROW_RATE, 0, A(CURRENCY), RANGE | A(MARGIN_MODE),
       "Past interest rates."),
    OP(FETCH_BORROW_INTEREST, "fetch_borrow_interest", BORROW_INTEREST, PRIVATE | MARKETS, 0,
       A(CURRENCY) | A(SYMBOL) | A(MARGIN_MODE) | RANGE, "Interest that was charged."),
    OP(FETCH_BORROW_LIMIT, "fetch_borrow_limit", BORROW_RATE, PRIVATE, A(CURRENCY), A(SYMBOL) | A(MARGIN_MODE),
       "Most that can be borrowed now."),
    OP(FETCH_LOANS, "fetch_loans", LOAN, PRIVATE, 0, A(CURRENCY) | A(SYMBOL) | A(MARGIN_MODE) | A(ID) | RANGE,
       "What was borrowed and paid back."),

    OP(FETCH_STREAM_TOKEN, "fetch_stream_token", RECEIPT, PRIVATE | MARKETS, 0, A(SYMBOL) | A(MARGIN_MODE) | A(IS_PUBLIC),
       "The token or listen key that a private stream begins with; bourse_watch asks for it by itself."),
    OP(EXTEND_STREAM_TOKEN, "extend_stream_token", RECEIPT, PRIVATE, A(ID), A(MARGIN_MODE), "Lets a listen key live on."),
    OP(WATCH_TICKER, "watch_ticker", TICKER, STREAM, A(SYMBOL), 0, "Price and volume of one market as they change."),
    OP(WATCH_TICKERS, "watch_tickers", TICKER, STREAM, 0, A(SYMBOLS), "Tickers of several or all markets as they change."),
    OP(WATCH_BIDS_ASKS, "watch_bids_asks", TICKER, STREAM, 0, SOME, "Best bid and ask as they change."),
    OP(WATCH_ORDER_BOOK, "watch_order_book", ORDER_BOOK, STREAM, 0, SOME | A(LIMIT),
       "Books kept true by the exchange's own proofs; limit is the depth."),
    OP(WATCH_TRADES, "watch_trades", TRADE, STREAM, 0, SOME, "Public trades as they happen."),
    OP(WATCH_CANDLES, "watch_candles", CANDLE, STREAM, A(TIMEFRAME), SOME | A(PRICE_KIND), "Candles as they move and close."),
    OP(WATCH_MARK_PRICE, "watch_mark_price", TICKER, STREAM, 0, SOME, "Mark and index price of futures as they change."),
    OP(WATCH_LIQUIDATIONS, "watch_liquidations", TRADE, STREAM, 0, SOME, "Orders by which the exchange closes positions."),
    OP(WATCH_ORDERS, "watch_orders", ORDER, OWN_STREAM, 0, SOME | A(MARGIN_MODE), "Own orders as they change."),
    OP(WATCH_MY_TRADES, "watch_my_trades", FILL, OWN_STREAM, 0, SOME | A(MARGIN_MODE), "Own fills as they happen."),
    OP(WATCH_BALANCES, "watch_balances", BALANCE, OWN_STREAM, 0, SOME | A(MARGIN_MODE), "Own balances as they change."),
    OP(WATCH_POSITIONS, "watch_positions", POSITION, OWN_STREAM, 0, SOME | A(MARGIN_MODE), "Own positions as they change."),

    OP(CALL_RAW, "call_raw", RAW, 0, A(METHOD) | A(PATH), A(HOST) | A(IS_PUBLIC) | A(IS_SAFE),
       "Any request of the exchange, signed, limited and judged as all others."),
};

#define OPERATION_COUNT (sizeof(operations) / sizeof(operations[0]))

const bourse_operation_info *bourse_schema_operation_at(uint32_t index) {
  return index < OPERATION_COUNT ? &operations[index] : NULL;
}

const bourse_operation_info *bourse_schema_operation(int32_t operation) {
  for (size_t i = 0; i < OPERATION_COUNT; i++)
    if (operations[i].operation == operation) return &operations[i];
  return NULL;
}

const char *bourse_operation_name(int32_t operation) {
  const bourse_operation_info *info = bourse_schema_operation(operation);
  return info == NULL ? NULL : info->name;
}

int32_t bourse_operation_by_name(const char *name) {
  if (name == NULL) return 0;
  for (size_t i = 0; i < OPERATION_COUNT; i++)
    if (strcmp(operations[i].name, name) == 0) return operations[i].operation;
  return 0;
}
