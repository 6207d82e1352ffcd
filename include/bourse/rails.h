/* bourse/rails.h - safety rails: limits that a handle is opened with, the kill switch, the dead man's switch.
 *
 * Rails are members of bourse_options. They are checked here, before an order is written down or sent; what they refuse is
 * BOURSE_ERROR_FORBIDDEN with outcome NOT_SENT, `field` naming the rail and the message what was given and what is allowed.
 * Limits are the handle's; what is counted against them is the account's: all handles of a context with the same exchange,
 * environment and key share it. (Each handle of the paper exchange is its own account.)
 *
 *   read_only                refuses every operation that changes something, cancels too, and every call_raw that may.
 *   allowed_symbols          refuses orders, edits, and settings of other markets. Cancels go through.
 *   max_order_notional       amount times price of one order, in the market's quote currency: a limit of 1000 is 1000 USDT in
 *                            BTC/USDT and 1000 BTC in ETH/BTC. Futures by contract value.
 *   max_notional_per_minute  the sum of that over any 60 seconds, for each quote currency by itself. What was not sent or was
 *                            rejected gives its share back; what is UNKNOWN keeps it. Counted are orders of handles that have
 *                            this rail.
 *   max_open_orders          of the account, as this context knows them: own orders that it placed and have not ended, orders
 *                            being placed, and those that any reply or private stream told of, over all products. The first
 *                            order of a product, and one that would be refused, asks for the open orders of that product
 *                            first. An attached stop loss or take profit counts as one more; market, immediate-or-cancel and
 *                            fill-or-kill orders that wait for nothing do not stay open and are not counted.
 *
 * At which price an order is measured: a purchase at its limit; a market order, and a sale with a limit (which may be filled
 * above it), at the best opposite price where that is higher, which is asked for first; conditional orders at their trigger or
 * limit, the higher one, and where they may fire at once not below the best opposite price; trailing ones at the present
 * price. Orders by cost are their cost. Each order of a batch or list counts, and so do attached ones. An edit counts by what
 * it raises: the order is asked for first. Orders that close a position whatever its size (close_position) are not measured.
 *
 * With any of the last four, call_raw to whatever may change something, and `params` on orders, are refused, since they cannot
 * be measured; allow_raw_orders lets them through. call_raw is known to be harmless by the exchange's own table of requests,
 * or by GET; is_safe is not believed here.
 * The functions are called on the context's thread. */
#ifndef BOURSE_RAILS_H
#define BOURSE_RAILS_H

#include <bourse/exchange.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { BOURSE_HALT_CANCEL_ALL = 1 };

/* The kill switch, for the account of this handle and all handles on it: from now on orders, edits that raise one, and raw
 * calls that may change something are BOURSE_ERROR_FORBIDDEN (field "halt"); what waits for its rate budget or connection
 * and has not been sent ends so too. Cancels go through, and an edit that only lowers an amount. The handle need not be the
 * one that trades. Errors: BOURSE_ERROR_STATE, _ARGUMENT, _CREDENTIALS (a handle without a key has no account).
 *
 * BOURSE_HALT_CANCEL_ALL also starts cancel_every_order, which completes as any submitted operation does; *ticket (may be
 * NULL) names it. When that could not be started, its error is returned, and the halt stands. */
BOURSE_API int32_t bourse_halt(bourse_exchange *exchange, uint32_t flags, uint64_t *ticket);
/* Every account of the context, also those opened later. With BOURSE_HALT_CANCEL_ALL each account's cancels complete with an
 * event of their own. */
BOURSE_API int32_t bourse_halt_all(bourse_context *context, uint32_t flags);
/* Ends it. BOURSE_ERROR_STATE for one account while bourse_halt_all is in force. */
BOURSE_API int32_t bourse_resume(bourse_exchange *exchange);
BOURSE_API int32_t bourse_resume_all(bourse_context *context);
/* 1 when halted, else 0. With a store in the context, a halt outlives the process. */
BOURSE_API int32_t bourse_is_halted(const bourse_exchange *exchange);

/* The dead man's switch: orders are canceled unless this is called again within timer_ms; a negative timer_ms switches it
 * off. Blocking. `symbols` (count 0: all orders of the account) names markets. The receipt's `realization` says what keeps
 * watch: BOURSE_NATIVE, the exchange, whatever becomes of this process; or BOURSE_EMULATED, a timer of this context, which
 * works only as long as the process lives, the handle is open and the context is run, and tries again each second until
 * nothing is left. due_ns is when it fires. Native where the exchange has it for all that was named: market by market where
 * markets are named (when one of them fails, those before it are set), else for what the exchange's own switch covers, which
 * is the product of the handle. Errors: those of cancel_all_orders_after, BOURSE_ERROR_ARGUMENT, _UNSUPPORTED, _FORBIDDEN,
 * _CREDENTIALS, _UNKNOWN_SYMBOL. */
BOURSE_API int32_t bourse_dead_mans_switch(bourse_result **out, bourse_exchange *exchange, int64_t timer_ms,
                                           const char *const *symbols, uint32_t symbol_count);

#ifdef __cplusplus
}
#endif
#endif
