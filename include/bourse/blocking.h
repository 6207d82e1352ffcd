/* bourse/blocking.h - the everyday operations as plain function calls. Each is bourse_execute with a request made from its
 * arguments: *out is the caller's to free on success and NULL on failure; the detail of a failure is in
 * bourse_context_error. NULL, 0 and absent mean "not given". For every other operation and argument use bourse_request
 * with bourse_execute or bourse_submit. On the context's thread, not from inside a callback. */
#ifndef BOURSE_BLOCKING_H
#define BOURSE_BLOCKING_H

#include <bourse/exchange.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Public data. */
BOURSE_API int32_t bourse_fetch_time(bourse_result **out, bourse_exchange *exchange);
BOURSE_API int32_t bourse_fetch_status(bourse_result **out, bourse_exchange *exchange);
BOURSE_API int32_t bourse_fetch_markets(bourse_result **out, bourse_exchange *exchange, int32_t product);
BOURSE_API int32_t bourse_fetch_currencies(bourse_result **out, bourse_exchange *exchange);
BOURSE_API int32_t bourse_fetch_ticker(bourse_result **out, bourse_exchange *exchange, const char *symbol);
BOURSE_API int32_t bourse_fetch_tickers(bourse_result **out, bourse_exchange *exchange, const char *const *symbols,
                                        uint32_t symbol_count);
BOURSE_API int32_t bourse_fetch_order_book(bourse_result **out, bourse_exchange *exchange, const char *symbol, uint32_t limit);
BOURSE_API int32_t bourse_fetch_trades(bourse_result **out, bourse_exchange *exchange, const char *symbol, int64_t since_ns,
                                       uint32_t limit);
BOURSE_API int32_t bourse_fetch_candles(bourse_result **out, bourse_exchange *exchange, const char *symbol,
                                        const char *timeframe, int64_t since_ns, uint32_t limit);
BOURSE_API int32_t bourse_fetch_funding_rate(bourse_result **out, bourse_exchange *exchange, const char *symbol);

/* Account. wallet: BOURSE_WALLET_*. */
BOURSE_API int32_t bourse_fetch_balances(bourse_result **out, bourse_exchange *exchange, int32_t wallet);
BOURSE_API int32_t bourse_fetch_positions(bourse_result **out, bourse_exchange *exchange, const char *const *symbols,
                                          uint32_t symbol_count);
BOURSE_API int32_t bourse_fetch_my_trades(bourse_result **out, bourse_exchange *exchange, const char *symbol,
                                          int64_t since_ns, uint32_t limit);
BOURSE_API int32_t bourse_set_leverage(bourse_result **out, bourse_exchange *exchange, const char *symbol,
                                       const bourse_decimal *leverage);
BOURSE_API int32_t bourse_transfer_funds(bourse_result **out, bourse_exchange *exchange, const char *currency,
                                         const bourse_decimal *amount, int32_t from_wallet, int32_t to_wallet);

/* Orders. An order is named by order_id or by client_order_id. */
BOURSE_API int32_t bourse_create_order(bourse_result **out, bourse_exchange *exchange, const bourse_order_request *order);
BOURSE_API int32_t bourse_cancel_order(bourse_result **out, bourse_exchange *exchange, const char *symbol,
                                       const char *order_id, const char *client_order_id);
BOURSE_API int32_t bourse_cancel_all_orders(bourse_result **out, bourse_exchange *exchange, const char *symbol);
BOURSE_API int32_t bourse_fetch_order(bourse_result **out, bourse_exchange *exchange, const char *symbol,
                                      const char *order_id, const char *client_order_id);
BOURSE_API int32_t bourse_fetch_open_orders(bourse_result **out, bourse_exchange *exchange, const char *symbol);
BOURSE_API int32_t bourse_fetch_orders(bourse_result **out, bourse_exchange *exchange, const char *symbol, int64_t since_ns,
                                       uint32_t limit);

#ifdef __cplusplus
}
#endif
#endif
