/* paper/feed.h - the outside market of the paper exchange: a synthetic one, or what the host feeds.
 *
 * The synthetic price is a function of seed, market and second alone: sums of random steps at many time scales, so it
 * moves like a walk, and its past is there without having been stored. Each second has a state of the depth, and every
 * third one a trade of the outside market. What the account's own orders do comes on top: their trades move candles,
 * not the price. */
#ifndef PAPER_FEED_H
#define PAPER_FEED_H

#include "exchange/paper/engine.h"

#define PAPER_MARKETS       8
#define PAPER_DEPTH         20
#define PAPER_TRADE_SECONDS 3
#define PAPER_SECOND_NS     INT64_C(1000000000)
#define PAPER_MINUTE_NS     (60 * PAPER_SECOND_NS)

/* What one market is like. */
typedef struct paper_character {
  const char *symbol;
  int64_t base_price;   /* in price units; the price stays within a factor of two or so */
  int64_t spread;       /* price units */
  int64_t spacing;      /* between levels, price units */
  int64_t trade_amount; /* typical, in amount units */
  int64_t level_amount;
  int64_t open_interest; /* amount units */
  int32_t volatility;    /* percent of the usual */
  int32_t leverage_max;
  int32_t of;   /* index of the market it follows (futures), or -1 */
  int32_t over; /* priced as market `of` over this one, or -1 */
} paper_character;

extern const paper_character bourse__paper_characters[PAPER_MARKETS];

/* Amounts and costs of a span of time. */
typedef struct paper_bar {
  int64_t time_ns; /* start */
  int64_t open, high, low, close;
  int64_t count; /* trades; 0: nothing happened, and the prices are 0 */
  paper_money volume, quote, taker_volume, taker_quote;
  int64_t first_ns, last_ns;
} paper_bar;

typedef struct paper_feed paper_feed;

/* Errors: MEMORY (*out is then still to be freed). */
int32_t bourse__feed_new(paper_feed **out, const bourse_allocator *allocator, paper_engine *engine, uint32_t outside,
                         uint64_t seed, int32_t from_host, int64_t now_ns);
void bourse__feed_free(paper_feed *feed);
/* The market goes on until now. Errors: MEMORY (time stands then where it got to). */
int32_t bourse__feed_advance(paper_feed *feed, int64_t now_ns);
/* Room for the bars that a change may add to; before orders and trades. Errors: MEMORY. */
int32_t bourse__feed_reserve(paper_feed *feed);
/* New trades of the engine go into bars; after orders and trades. */
void bourse__feed_absorb(paper_feed *feed);
int32_t bourse__feed_is_host(const paper_feed *feed);
int64_t bourse__feed_begin(const paper_feed *feed); /* there is no history before this */

/* Price of the synthetic market in a second. which: BOURSE_PRICE_LAST or _MARK (the same here), _INDEX. */
int64_t bourse__feed_price(paper_feed *feed, uint32_t market, int32_t which, int64_t second);
/* The span [from, to) of whole minutes, up to now. */
paper_bar bourse__feed_bar(paper_feed *feed, uint32_t market, int32_t which, int64_t from_ns, int64_t to_ns);
/* The 24 hours before now. */
paper_bar bourse__feed_day(paper_feed *feed, uint32_t market);
/* The outside trade of a second; 0 when there is none, the market is not synthetic, or the second has not come. */
int32_t bourse__feed_trade(paper_trade *out, paper_feed *feed, uint32_t market, int64_t second);
/* Premium of a perpetual over its index, in 10^-9, over the last minutes; 0 with the host's feed. */
int64_t bourse__feed_premium(paper_feed *feed, uint32_t market);
int64_t bourse__feed_open_interest(paper_feed *feed, uint32_t market);

#endif
