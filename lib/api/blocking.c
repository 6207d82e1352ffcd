/* api/blocking.c - the everyday operations as plain calls; each only fills a request. */
#include <bourse/blocking.h>
#include <bourse/journal.h>

#define REQUEST(operation_) bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_##operation_)

int32_t bourse_fetch_time(bourse_result **out, bourse_exchange *exchange) {
  REQUEST(FETCH_TIME);
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_fetch_status(bourse_result **out, bourse_exchange *exchange) {
  REQUEST(FETCH_STATUS);
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_fetch_markets(bourse_result **out, bourse_exchange *exchange, int32_t product) {
  REQUEST(FETCH_MARKETS);
  request.product = product;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_fetch_currencies(bourse_result **out, bourse_exchange *exchange) {
  REQUEST(FETCH_CURRENCIES);
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_fetch_ticker(bourse_result **out, bourse_exchange *exchange, const char *symbol) {
  REQUEST(FETCH_TICKER);
  request.symbol = symbol;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_fetch_tickers(bourse_result **out, bourse_exchange *exchange, const char *const *symbols,
                             uint32_t symbol_count) {
  REQUEST(FETCH_TICKERS);
  request.symbols = symbols;
  request.symbol_count = symbol_count;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_fetch_order_book(bourse_result **out, bourse_exchange *exchange, const char *symbol, uint32_t limit) {
  REQUEST(FETCH_ORDER_BOOK);
  request.symbol = symbol;
  request.limit = limit;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_fetch_trades(bourse_result **out, bourse_exchange *exchange, const char *symbol, int64_t since_ns,
                            uint32_t limit) {
  REQUEST(FETCH_TRADES);
  request.symbol = symbol;
  request.since_ns = since_ns;
  request.limit = limit;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_fetch_candles(bourse_result **out, bourse_exchange *exchange, const char *symbol, const char *timeframe,
                             int64_t since_ns, uint32_t limit) {
  REQUEST(FETCH_CANDLES);
  request.symbol = symbol;
  request.timeframe = timeframe;
  request.since_ns = since_ns;
  request.limit = limit;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_fetch_funding_rate(bourse_result **out, bourse_exchange *exchange, const char *symbol) {
  REQUEST(FETCH_FUNDING_RATE);
  request.symbol = symbol;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_fetch_balances(bourse_result **out, bourse_exchange *exchange, int32_t wallet) {
  REQUEST(FETCH_BALANCES);
  request.wallet = wallet;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_fetch_positions(bourse_result **out, bourse_exchange *exchange, const char *const *symbols,
                               uint32_t symbol_count) {
  REQUEST(FETCH_POSITIONS);
  request.symbols = symbols;
  request.symbol_count = symbol_count;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_fetch_my_trades(bourse_result **out, bourse_exchange *exchange, const char *symbol, int64_t since_ns,
                               uint32_t limit) {
  REQUEST(FETCH_MY_TRADES);
  request.symbol = symbol;
  request.since_ns = since_ns;
  request.limit = limit;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_set_leverage(bourse_result **out, bourse_exchange *exchange, const char *symbol, const bourse_decimal *leverage) {
  REQUEST(SET_LEVERAGE);
  request.symbol = symbol;
  if (leverage != NULL) request.leverage = *leverage;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_transfer_funds(bourse_result **out, bourse_exchange *exchange, const char *currency, const bourse_decimal *amount,
                              int32_t from_wallet, int32_t to_wallet) {
  REQUEST(TRANSFER);
  request.currency = currency;
  if (amount != NULL) request.amount = *amount;
  request.from_wallet = from_wallet;
  request.to_wallet = to_wallet;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_create_order(bourse_result **out, bourse_exchange *exchange, const bourse_order_request *order) {
  REQUEST(CREATE_ORDER);
  request.orders = &order;
  request.order_count = order == NULL ? 0 : 1;
  return bourse_execute(out, exchange, &request);
}

static int32_t about_order(bourse_result **out, bourse_exchange *exchange, int32_t operation, const char *symbol,
                           const char *order_id, const char *client_order_id) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  request.symbol = symbol;
  request.order_id = order_id;
  request.client_order_id = client_order_id;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_cancel_order(bourse_result **out, bourse_exchange *exchange, const char *symbol, const char *order_id,
                            const char *client_order_id) {
  return about_order(out, exchange, BOURSE_OP_CANCEL_ORDER, symbol, order_id, client_order_id);
}

int32_t bourse_fetch_order(bourse_result **out, bourse_exchange *exchange, const char *symbol, const char *order_id,
                           const char *client_order_id) {
  return about_order(out, exchange, BOURSE_OP_FETCH_ORDER, symbol, order_id, client_order_id);
}

int32_t bourse_cancel_all_orders(bourse_result **out, bourse_exchange *exchange, const char *symbol) {
  return about_order(out, exchange, BOURSE_OP_CANCEL_ALL_ORDERS, symbol, NULL, NULL);
}

int32_t bourse_fetch_open_orders(bourse_result **out, bourse_exchange *exchange, const char *symbol) {
  return about_order(out, exchange, BOURSE_OP_FETCH_OPEN_ORDERS, symbol, NULL, NULL);
}

int32_t bourse_fetch_orders(bourse_result **out, bourse_exchange *exchange, const char *symbol, int64_t since_ns,
                            uint32_t limit) {
  REQUEST(FETCH_ORDERS);
  request.symbol = symbol;
  request.since_ns = since_ns;
  request.limit = limit;
  return bourse_execute(out, exchange, &request);
}

/* --- The journal --- */

int32_t bourse_fetch_journal(bourse_result **out, bourse_exchange *exchange, const char *client_order_id) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_JOURNAL);
  request.client_order_id = client_order_id;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_resolve_order(bourse_result **out, bourse_exchange *exchange, const char *client_order_id, const char *symbol) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_RESOLVE_ORDER);
  request.client_order_id = client_order_id;
  request.symbol = symbol;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_resolve_orders(bourse_result **out, bourse_exchange *exchange) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_RESOLVE_ORDERS);
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_wait_order(bourse_result **out, bourse_exchange *exchange, const char *client_order_id, int64_t deadline_ms) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_WAIT_ORDER);
  request.client_order_id = client_order_id;
  request.timeout_ms = deadline_ms;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_reconcile_orders(bourse_result **out, bourse_exchange *exchange, const char *symbol) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_RECONCILE_ORDERS);
  request.symbol = symbol;
  return bourse_execute(out, exchange, &request);
}
