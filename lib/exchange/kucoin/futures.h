/* exchange/kucoin/futures.h - what only futures have: a host of their own, and sizes in whole contracts.
 *
 *   futures_market.c   markets, what leverage they allow, and what their list tells of prices and funding
 *   futures_data.c     public market data
 *   futures_orders.c   which endpoint serves an operation; placing and canceling orders
 *   futures_reports.c  what the exchange tells of orders and fills
 *   futures_account.c  balances, positions, leverage and modes, the account's book
 *
 * All futures are one account with a balance for each currency that they settle in. Records have sizes in base units
 * (linear markets) and in contracts. */
#ifndef EXCHANGE_KUCOIN_FUTURES_H
#define EXCHANGE_KUCOIN_FUTURES_H

#include "exchange/kucoin/kucoin.h"

/* Whether records of this market were asked for: linear and inverse stand in the same lists. */
int32_t bourse__kucoin_futures_is_wanted(bourse_call *call, const char *market_id);
/* The market called so; NULL: not listed. */
const bourse_market *bourse__kucoin_futures_market(bourse_call *call, const char *id);
const bourse_interval *bourse__kucoin_futures_intervals(size_t *count);
/* Contracts into base units where the market is linear; quote units that they are worth at a price, exactly, or absent. */
void bourse__kucoin_futures_cost(const bourse_market *market, const bourse_decimal *contracts,
                                 const bourse_decimal *price, bourse_decimal *cost);

/* A size in contracts into base units, where the market is linear and listed. */
void bourse__kucoin_futures_scale(const bourse_market *market, bourse_decimal *size);
void bourse__kucoin_futures_finish_trade(const bourse_market *market, bourse_trade *trade);

/* A position in replies and messages (futures_account.c). */
typedef struct bourse__kucoin_position {
  bourse_position position;
  bourse_slice symbol; /* in messages */
  bourse_decimal quantity;
  bourse_decimal value;
  bourse_decimal real_leverage;
  int32_t open;
  int32_t cross;
  int32_t side;
  int32_t reserved;
} bourse__kucoin_position;
extern const bourse_table bourse__kucoin_position_event_table;
void bourse__kucoin_futures_finish_position(const bourse_market *market, bourse__kucoin_position *row);

/* The answers to several orders, one for each in their order: before them, each, and after them, with what reading returned
 * (futures_orders.c). */
void bourse__kucoin_begin_batch(bourse_call *call);
int32_t bourse__kucoin_batch_row(bourse_call *call, bourse_decoder *decoder);
int32_t bourse__kucoin_end_batch(bourse_call *call, int32_t code);

/* Words of futures (futures_orders.c). */
extern const bourse_name bourse__kucoin_position_sides[];
extern const bourse_name bourse__kucoin_margin_modes[];
extern const bourse_name bourse__kucoin_trigger_prices[];

#define FUTURES_BUILD(name_) int32_t bourse__kucoin_futures_build_##name_(bourse_call *call)
#define FUTURES_PARSE(name_) \
  int32_t bourse__kucoin_futures_parse_##name_(bourse_call *call, const bourse_http_reply *reply)

/* futures_market.c */
/* The market that the call is about, where it is one. */
const bourse_market *bourse__kucoin_futures_only(const bourse_call *call);
FUTURES_BUILD(one_market);
FUTURES_PARSE(markets);
FUTURES_PARSE(contracts);
FUTURES_PARSE(leverage_tiers);
/* futures_data.c */
FUTURES_BUILD(candles);
FUTURES_BUILD(price_candles);
FUTURES_BUILD(funding_history);
FUTURES_BUILD(interest_history);
FUTURES_PARSE(tickers);
FUTURES_PARSE(trades);
FUTURES_PARSE(candles);
FUTURES_PARSE(price_candles);
FUTURES_PARSE(mark_price);
FUTURES_PARSE(funding_rate);
FUTURES_PARSE(funding_history);
FUTURES_PARSE(interest_history);
/* futures_orders.c */
FUTURES_BUILD(order);
FUTURES_BUILD(batch_orders);
FUTURES_BUILD(cancel);
FUTURES_BUILD(batch_cancel);
FUTURES_BUILD(cancel_all);
FUTURES_BUILD(close_position);
FUTURES_PARSE(order);
FUTURES_PARSE(batch);
FUTURES_PARSE(cancel);
FUTURES_PARSE(canceled_all);
FUTURES_PARSE(closed_position);
/* futures_reports.c */
FUTURES_BUILD(query_order);
FUTURES_BUILD(orders);
FUTURES_BUILD(fills);
FUTURES_PARSE(query_order);
FUTURES_PARSE(orders);
FUTURES_PARSE(fills);
/* futures_account.c */
FUTURES_BUILD(balances);
FUTURES_BUILD(set_leverage);
FUTURES_BUILD(set_margin_mode);
FUTURES_BUILD(set_position_mode);
FUTURES_BUILD(add_margin);
FUTURES_BUILD(reduce_margin);
FUTURES_BUILD(funding_paid);
FUTURES_BUILD(ledger);
FUTURES_PARSE(balances);
FUTURES_PARSE(positions);
FUTURES_PARSE(leverage);
FUTURES_PARSE(margin_mode);
FUTURES_PARSE(position_mode);
FUTURES_PARSE(funding_paid);
FUTURES_PARSE(ledger);

/* --- The unified account (unified*.c): futures are a part of it --- */
#define UNIFIED_BUILD(name_) int32_t bourse__kucoin_unified_build_##name_(bourse_call *call)
#define UNIFIED_PARSE(name_) \
  int32_t bourse__kucoin_unified_parse_##name_(bourse_call *call, const bourse_http_reply *reply)

/* An order as replies and messages tell it, and what is made of that (unified_reports.c). */
typedef struct bourse__kucoin_unified_order {
  bourse_order order;
  const char *type;
  const char *unit;
  const char *reason;
  bourse_slice symbol; /* in messages */
  bourse_slice trade_type;
  bourse_decimal size;
  bourse_decimal filled;
  bourse_decimal take_profit;
  bourse_decimal stop_loss;
  int64_t status;
  int64_t cancel_after;
} bourse__kucoin_unified_order;
void bourse__kucoin_unified_finish_order(const bourse_market *market, bourse__kucoin_unified_order *row);
/* Sizes and cost of a fill: contracts on futures. */
void bourse__kucoin_unified_finish_fill(const bourse_market *market, int32_t futures, const bourse_decimal *size,
                                        bourse_fill *fill);

/* Its words; and which part of it a call is about (unified.c). */
extern const bourse_name bourse__kucoin_unified_sides[];
extern const bourse_name bourse__kucoin_unified_types[];
extern const bourse_name bourse__kucoin_unified_roles[];
void bourse__kucoin_put_trade_type(bourse_call *call);

/* unified.c */
UNIFIED_BUILD(order);
UNIFIED_BUILD(batch_orders);
UNIFIED_BUILD(one_order);
UNIFIED_BUILD(batch_cancel);
UNIFIED_BUILD(cancel_all);
UNIFIED_BUILD(cancel_all_after);
UNIFIED_PARSE(batch);
UNIFIED_PARSE(cancel_all);
/* unified_reports.c */
UNIFIED_BUILD(open_orders);
UNIFIED_BUILD(past);
UNIFIED_BUILD(positions);
UNIFIED_BUILD(fees);
UNIFIED_BUILD(ledger);
UNIFIED_PARSE(one_order);
UNIFIED_PARSE(open_orders);
UNIFIED_PARSE(past_orders);
UNIFIED_PARSE(fills);
UNIFIED_PARSE(stream_token);
UNIFIED_PARSE(balances);
UNIFIED_PARSE(positions);
UNIFIED_PARSE(fees);
UNIFIED_PARSE(ledger);

#endif
