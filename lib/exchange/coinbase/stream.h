/* exchange/coinbase/stream.h - what the files about streams share.
 *
 *   stream.c          tables of connections and channels, subscriptions, the envelope of messages and its numbers
 *   stream_market.c   tickers, trades, books, candles
 *   stream_feed.c     the feed of Coinbase Exchange: tickers and trades
 *   stream_account.c  own orders, positions, balances of futures
 *
 * The numbers of messages are those of the connection, whatever they are of: when one is missing, every book on it is begun
 * anew. */
#ifndef EXCHANGE_COINBASE_STREAM_H
#define EXCHANGE_COINBASE_STREAM_H

#include <bourse/stream.h>

#include "exchange/coinbase/coinbase.h"

/* Kinds of connections. */
enum { COINBASE_SOCKET_MARKET, COINBASE_SOCKET_ACCOUNT, COINBASE_SOCKET_FEED, COINBASE_SOCKETS };

/* Rows of the table of channels. Those that bring the same messages stand together. */
enum {
  COINBASE_TICKER,
  COINBASE_TICKERS,
  COINBASE_BIDS_ASKS,
  COINBASE_BOOK,
  COINBASE_MARKET_TRADES,
  COINBASE_CANDLES,
  COINBASE_FEED_TICKER,
  COINBASE_FEED_TICKERS,
  COINBASE_FEED_BIDS_ASKS,
  COINBASE_FEED_TRADES,
  COINBASE_ORDERS,
  COINBASE_FILLS,
  COINBASE_POSITIONS,
  COINBASE_BALANCES,
  COINBASE_CHANNELS
};

/* What tells apart the channels that serve one operation. */
enum { COINBASE_FROM_ADVANCED = 0, COINBASE_FROM_EXCHANGE };

extern const bourse_channel bourse__coinbase_channels[COINBASE_CHANNELS];

/* What the events of a message hold. */
enum { IS_TICKER = 1, IS_BOOK, IS_TRADES, IS_CANDLES, IS_USER, IS_FUTURES_BALANCE, IS_SUBSCRIPTIONS, IS_NOT_OURS };

/* Rows being collected from one message, in the link's arena. */
typedef struct bourse__coinbase_list {
  char *items;
  uint32_t count;
  uint32_t capacity;
  uint32_t size; /* of one */
} bourse__coinbase_list;
/* A new zeroed row; NULL after failing the decoder, as memory is out. */
void *bourse__coinbase_add_row(bourse_decoder *decoder, bourse__coinbase_list *rows);

/* Topics that a message about the market of this id is for, one after another: those of the market, and those of markets that
 * share its book and have another quote currency. `step` begins as 0; NULL: no more. */
bourse_topic *bourse__coinbase_topic(bourse_link *link, uint32_t channel, bourse_slice id, uint32_t *step);

/* --- stream_market.c --- */
/* Reads the events of one kind. */
int32_t bourse__coinbase_read_events(bourse_decoder *decoder, int32_t kind, bourse__coinbase_list *rows);
void bourse__coinbase_emit_events(bourse_link *link, int32_t kind, bourse__coinbase_list *rows, int64_t time_ns,
                                  int64_t sequence);

/* --- stream_feed.c --- */
int32_t bourse__coinbase_feed_subscribe(int32_t on, const bourse_topic *const *topics, uint32_t count,
                                        bourse_text *message);
int32_t bourse__coinbase_feed_receive(bourse_link *link, const char *bytes, size_t length);

/* --- stream_account.c --- */
typedef struct bourse__coinbase_user {
  bourse__coinbase_list orders;
  bourse__coinbase_list positions;
  bourse_balance balance;
  int32_t has_balance;
  int32_t has_positions;
  int32_t traded; /* an order was filled, in part at least */
  int32_t reserved;
} bourse__coinbase_user;
int32_t bourse__coinbase_read_user(bourse_decoder *decoder, bourse__coinbase_user *user);
void bourse__coinbase_emit_user(bourse_link *link, bourse__coinbase_user *user, int64_t time_ns);

#endif
