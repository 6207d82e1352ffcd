/* exchange/kucoin/stream.h - what the files about streams share.
 *
 *   stream.c          tables of connections and channels, subscriptions, and what kind of message one is
 *   stream_market.c   public messages
 *   stream_account.c  own orders, fills, positions and balances
 *   stream_orders.c   orders entered over a socket
 *   stream_unified.c  the same of a unified account, on a connection with messages of another form
 *
 * Where to connect to, and with what token, a request tells (fetch_stream_token): its answer is the URL. */
#ifndef EXCHANGE_KUCOIN_STREAM_H
#define EXCHANGE_KUCOIN_STREAM_H

#include <bourse/stream.h>

#include "exchange/kucoin/futures.h"

/* Kinds of connections. */
enum {
  KUCOIN_SOCKET_SPOT,
  KUCOIN_SOCKET_SPOT_ACCOUNT,
  KUCOIN_SOCKET_FUTURES,
  KUCOIN_SOCKET_FUTURES_ACCOUNT,
  KUCOIN_SOCKET_ORDERS,
  KUCOIN_SOCKET_UNIFIED,
  KUCOIN_SOCKETS
};

/* Rows of the table of channels. */
enum {
  KUCOIN_TICKER,
  KUCOIN_TICKERS,
  KUCOIN_ALL_TICKERS,
  KUCOIN_ALL_BIDS_ASKS,
  KUCOIN_BIDS_ASKS,
  KUCOIN_BOOK,
  KUCOIN_BOOK_5,
  KUCOIN_BOOK_50,
  KUCOIN_TRADES,
  KUCOIN_CANDLES,
  KUCOIN_FUTURES_TICKER,
  KUCOIN_FUTURES_TICKERS,
  KUCOIN_FUTURES_BIDS_ASKS,
  KUCOIN_FUTURES_BOOK,
  KUCOIN_FUTURES_BOOK_5,
  KUCOIN_FUTURES_BOOK_50,
  KUCOIN_FUTURES_TRADES,
  KUCOIN_FUTURES_CANDLES,
  KUCOIN_FUTURES_MARK,
  KUCOIN_OWN_ORDERS,
  KUCOIN_OWN_FILLS,
  KUCOIN_OWN_STOPS,
  KUCOIN_OWN_BALANCES,
  KUCOIN_FUTURES_ORDERS,
  KUCOIN_FUTURES_FILLS,
  KUCOIN_FUTURES_STOPS,
  KUCOIN_FUTURES_BALANCES,
  KUCOIN_FUTURES_POSITIONS,
  KUCOIN_UNIFIED_ORDERS,
  KUCOIN_UNIFIED_FILLS,
  KUCOIN_UNIFIED_BALANCES,
  KUCOIN_UNIFIED_POSITIONS,
  KUCOIN_CHANNELS
};

/* What tells apart the channels that serve one operation. */
enum { KUCOIN_WHOLE = 0, KUCOIN_LEVELS_5, KUCOIN_LEVELS_50, KUCOIN_OF_ALL, KUCOIN_OF_STOPS, KUCOIN_OF_UNIFIED };

extern const bourse_channel bourse__kucoin_channels[KUCOIN_CHANNELS];

/* A message: its topic ("/market/level2:BTC-USDT"), taken apart, and what it says. */
typedef struct bourse__kucoin_message {
  bourse_slice topic;
  bourse_slice subject;
  bourse_slice type;
  bourse_slice id;
  bourse_slice code;
  bourse_slice data;  /* as it stands there; of market data that was read in its place: nothing */
  bourse_slice word;  /* "/market/level2" */
  bourse_slice name;  /* "BTC-USDT" */
  bourse_slice guess; /* the topic that stands behind the data, until that has been read; "": none */
  const struct bourse__kucoin_kind *kind; /* NULL: a topic that we do not know */
  void *row;                              /* of market data: what was read of it, in the link's arena */
} bourse__kucoin_message;

void bourse__kucoin_decode_data(bourse_link *link, bourse_decoder *decoder, const bourse__kucoin_message *m);
/* The market's id of a topic of candles, and the length of these. */
void bourse__kucoin_split_candles(bourse_slice name, bourse_slice *id, bourse_slice *length);
/* The topic's market, or the link's product's of this id; its names into a record. */
const bourse_market *bourse__kucoin_name_market(bourse_link *link, const bourse_topic *topic, bourse_slice id,
                                                const char **symbol, const char **market_id);

typedef int32_t bourse__kucoin_receiver(bourse_link *link, const bourse__kucoin_message *m, uint32_t channel);

/* --- stream_market.c --- BOURSE_OK, or BOURSE_ERROR_BAD_REPLY. */

/* Market data is read where it stands, and handed on once the whole message was read. */
int32_t bourse__kucoin_is_public(uint32_t channel);
int32_t bourse__kucoin_read_public(bourse_decoder *decoder, bourse__kucoin_message *m, uint32_t channel);
bourse__kucoin_receiver bourse__kucoin_receive_snapshot;
bourse__kucoin_receiver bourse__kucoin_receive_last;
bourse__kucoin_receiver bourse__kucoin_receive_best;
bourse__kucoin_receiver bourse__kucoin_receive_changes;
bourse__kucoin_receiver bourse__kucoin_receive_levels;
bourse__kucoin_receiver bourse__kucoin_receive_change;
bourse__kucoin_receiver bourse__kucoin_receive_trade;
bourse__kucoin_receiver bourse__kucoin_receive_candle;
bourse__kucoin_receiver bourse__kucoin_receive_futures_ticker;
bourse__kucoin_receiver bourse__kucoin_receive_futures_best;
bourse__kucoin_receiver bourse__kucoin_receive_mark;

/* --- stream_account.c --- */
bourse__kucoin_receiver bourse__kucoin_receive_order;
bourse__kucoin_receiver bourse__kucoin_receive_stop;
bourse__kucoin_receiver bourse__kucoin_receive_balance;
bourse__kucoin_receiver bourse__kucoin_receive_wallet;
bourse__kucoin_receiver bourse__kucoin_receive_position;

/* --- stream_orders.c --- */
int32_t bourse__kucoin_orders_url(bourse_link *link, bourse_text *url);
int32_t bourse__kucoin_receive_answer(bourse_link *link, const char *bytes, size_t length);

/* --- stream_unified.c --- */
int32_t bourse__kucoin_unified_url(bourse_link *link, bourse_text *url);
const char *bourse__kucoin_unified_qualifier(int32_t product);
int32_t bourse__kucoin_unified_subscribe(int32_t on, const bourse_topic *topic, int64_t id, bourse_text *message);
int32_t bourse__kucoin_receive_unified(bourse_link *link, const char *bytes, size_t length);

#endif
