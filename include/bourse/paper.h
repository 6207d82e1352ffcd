/* bourse/paper.h - the paper exchange: a matching engine inside the process, opened as "paper". No network, no keys.
 *
 * It answers the same operations as a real exchange. Its market is either its own (a seeded random walk with synthetic
 * orders and trades) or what the host feeds it. Settings (bourse_options.settings):
 *   seed           number; the same seed and the same calls give the same market (default 1)
 *   feed           "synthetic" (default) or "host": prices come only through the functions below
 *   balance.CODE   starting balance, e.g. balance.USDT = 100000 (defaults: 100000 USDT, 1 BTC, 10 ETH)
 *   balance.linear.CODE   the same in the wallet of linear futures (default: 100000 USDT)
 *   maker_fee, taker_fee   fractions, default 0.001 each on spot, 0.0002 and 0.0005 on linear
 *   latency_ms     how long after an order arrives it is matched (default 0)
 * Handles of one context opened with the same credentials share nothing: each handle is its own exchange.
 * The functions are called on the context's thread. */
#ifndef BOURSE_PAPER_H
#define BOURSE_PAPER_H

#include <bourse/exchange.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Replaces the outside market's best bid and ask (amounts may be absent: unlimited). Resting orders that cross it are
 * filled. Errors: BOURSE_ERROR_STATE (not a paper handle, or feed is not "host"), _UNKNOWN_SYMBOL, _ARGUMENT. */
BOURSE_API int32_t bourse_paper_quote(bourse_exchange *exchange, const char *symbol, const bourse_decimal *bid,
                                      const bourse_decimal *bid_amount, const bourse_decimal *ask,
                                      const bourse_decimal *ask_amount);

/* A trade of the outside market at `price`: fills resting orders that it would have reached (at most `amount`), fires
 * triggers, moves candles. side is the taker's. */
BOURSE_API int32_t bourse_paper_trade(bourse_exchange *exchange, const char *symbol, int32_t side,
                                      const bourse_decimal *price, const bourse_decimal *amount);

/* Adds to (negative: takes from) a balance. Errors also BOURSE_ERROR_LIMIT when it would fall below zero. */
BOURSE_API int32_t bourse_paper_deposit(bourse_exchange *exchange, const char *currency, const bourse_decimal *amount);

#ifdef __cplusplus
}
#endif
#endif
