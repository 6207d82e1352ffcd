/* exchange/kraken/futures.h - Kraken futures over the Derivatives API v3, its history (v3) and its charts (v1). That API is
 * announced to be switched off; what follows it takes the place of the futures*.c files, and of nothing else.
 *
 *   futures.c          which endpoint serves an operation, signing, and what all requests and replies share
 *   futures_market.c   markets and what leverage they allow
 *   futures_data.c     public market data
 *   futures_orders.c   placing, changing and canceling orders
 *   futures_reports.c  what the exchange tells of orders
 *   futures_fills.c    what it tells of fills, and the history of orders
 *   futures_errors.c   error texts, and the words for orders that were not taken
 *   futures_account.c  balances, positions, leverage, the account's book, transfers
 *
 * All futures are one account: what is asked for without symbols or product is answered for linear and inverse ones. */
#ifndef EXCHANGE_KRAKEN_FUTURES_H
#define EXCHANGE_KRAKEN_FUTURES_H

#include "exchange/kraken/kraken.h"

/* Endpoints of futures that serve one operation. */
enum {
  FUTURES_USUAL = 0,
  FUTURES_ONE,     /* of one market only */
  FUTURES_HISTORY, /* from the history */
  FUTURES_TRIGGERS,
  FUTURES_FIRST, /* asked before the request that acts */
  FUTURES_OUT    /* to the spot wallet */
};

/* call->scratch: 0 and 1 are the items of several orders. */
enum { SCRATCH_ROWS = 3, SCRATCH_STAGE = 4, SCRATCH_OLDEST = 5 };

#define FUTURES_BATCH_MAX 10
#define FUTURES_PAGE_MAX  1000

/* --- futures.c --- */

/* Fails the call when the reply is a refusal, or no reply of this API. */
int32_t bourse__kraken_futures_open(bourse_call *call, const bourse_http_reply *reply);
/* Opens the reply and reads it as one object; or the list in it. */
int32_t bourse__kraken_futures_object(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table,
                                      void *out);
int32_t bourse__kraken_futures_list(bourse_call *call, const bourse_http_reply *reply, const char *name,
                                    bourse_row_function row);
/* A receipt of which nothing is told but that it was done. */
int32_t bourse__kraken_futures_receipt(bourse_call *call, const bourse_http_reply *reply);

/* The market that a reply calls by this id, in letters of either case; NULL: not listed. */
const bourse_market *bourse__kraken_futures_market(bourse_call *call, bourse_slice id);
int32_t bourse__kraken_futures_is_inverse(bourse_call *call, const char *market_id);
/* Whether records of this market were asked for. */
int32_t bourse__kraken_futures_is_wanted(bourse_call *call, const char *market_id);
/* Custom fields: a market into the pair of symbol and id; ISO text or milliseconds; a currency. */
int32_t bourse__kraken_futures_read_market(bourse_decoder *decoder, void *member);
int32_t bourse__kraken_futures_read_time(bourse_decoder *decoder, void *member);
int32_t bourse__kraken_futures_read_currency(bourse_decoder *decoder, void *member);
const char *bourse__kraken_futures_currency(bourse_call *call, bourse_slice asset);

#define FUTURES_MARKET(name_, type_, member_) \
  BOURSE_FIELD_FULL(name_, CUSTOM, type_, member_, 0, NULL, bourse__kraken_futures_read_market)
#define FUTURES_TIME(name_, type_, member_) \
  BOURSE_FIELD_FULL(name_, CUSTOM, type_, member_, 0, NULL, bourse__kraken_futures_read_time)

/* since, before, sort, count and the token of the page to come. */
void bourse__kraken_futures_put_page(bourse_call *call, uint32_t most);
/* Where more is wanted and there is more, asks for the next page; else leaves `token` to the caller as the cursor. */
int32_t bourse__kraken_futures_next_page(bourse_call *call, const char *token, uint32_t rows);

/* The next page whatever was found on this one; nothing when this was the last, or enough were looked at. */
int32_t bourse__kraken_futures_look_on(bourse_call *call, const char *token, uint32_t rows);

/* --- futures_errors.c --- */

/* Our code for the status of an order that was not taken; 0: it was, or the word is none we know. */
int32_t bourse__kraken_futures_status_code(bourse_slice status);

/* --- futures_reports.c --- */
extern const bourse_name bourse__kraken_futures_sides[];

/* An order as any of their lists and events tells it. */
typedef struct bourse__kraken_order_row {
  bourse_order order;
  bourse_slice type;
  bourse_slice status;
  bourse_slice signal;
  bourse_slice deviation_unit;
  bourse_decimal quantity;
  bourse_decimal unfilled;
  bourse_decimal trigger_price;
  bourse_decimal deviation;
} bourse__kraken_order_row;

int32_t bourse__kraken_futures_read_order(bourse_decoder *decoder, bourse__kraken_order_row *row);
/* Sizes, type and trigger out of what was read. `executed` sizes are those of this order's own fills. */
void bourse__kraken_futures_finish_order(bourse_call *call, bourse__kraken_order_row *row);

/* --- The functions named in the table of endpoints --- */
#define FUTURES_BUILD(name_) int32_t bourse__kraken_futures_build_##name_(bourse_call *call)
#define FUTURES_PARSE(name_) \
  int32_t bourse__kraken_futures_parse_##name_(bourse_call *call, const bourse_http_reply *reply)

/* futures_market.c */
FUTURES_PARSE(markets);
FUTURES_PARSE(leverage_tiers);
/* futures_data.c */
FUTURES_BUILD(symbol);
FUTURES_BUILD(one_market);
FUTURES_BUILD(trades);
FUTURES_BUILD(executed_trades);
FUTURES_BUILD(candles);
FUTURES_BUILD(interest_history);
FUTURES_PARSE(time);
FUTURES_PARSE(status);
FUTURES_PARSE(tickers);
FUTURES_PARSE(depth);
FUTURES_PARSE(trades);
FUTURES_PARSE(executed_trades);
FUTURES_PARSE(candles);
FUTURES_PARSE(funding_history);
FUTURES_PARSE(interest_history);
/* futures_orders.c */
FUTURES_BUILD(order);
FUTURES_BUILD(edit);
FUTURES_BUILD(cancel);
FUTURES_BUILD(cancel_all);
FUTURES_BUILD(countdown);
FUTURES_BUILD(batch);
FUTURES_BUILD(close_position);
FUTURES_BUILD(order_status);
FUTURES_PARSE(position_to_close);
/* futures_reports.c */
FUTURES_PARSE(order);
FUTURES_PARSE(canceled_all);
FUTURES_PARSE(countdown);
FUTURES_PARSE(batch);
FUTURES_PARSE(open_orders);
FUTURES_PARSE(order_status);
/* futures_fills.c */
FUTURES_BUILD(order_history);
FUTURES_BUILD(executions);
FUTURES_PARSE(order_history);
FUTURES_PARSE(fills);
FUTURES_PARSE(executions);
/* futures_account.c */
FUTURES_BUILD(leverage);
FUTURES_BUILD(set_leverage);
FUTURES_BUILD(ledger);
FUTURES_BUILD(transfer);
FUTURES_BUILD(withdrawal);
FUTURES_PARSE(balances);
FUTURES_PARSE(positions);
FUTURES_PARSE(leverages);
FUTURES_PARSE(set_leverage);
FUTURES_PARSE(ledger);
FUTURES_PARSE(transfer);

#endif
