/* exchange/okx/stream.h - what the files about streams share.
 *
 *   stream.c          tables of connections and channels; subscriptions, and what kind of message one is
 *   stream_market.c   public messages
 *   stream_account.c  own orders, fills, balances and positions
 *   stream_orders.c   orders entered over the socket */
#ifndef EXCHANGE_OKX_STREAM_H
#define EXCHANGE_OKX_STREAM_H

#include <bourse/stream.h>

#include "exchange/okx/okx.h"

/* Kinds of connections. */
enum {
  OKX_SOCKET_PUBLIC,
  OKX_SOCKET_BUSINESS,         /* candles */
  OKX_SOCKET_PRIVATE,          /* the account, and orders */
  OKX_SOCKET_BUSINESS_PRIVATE, /* strategies' orders */
  OKX_SOCKETS
};

/* Rows of the table of channels. Those that bring the same messages stand together. */
enum {
  OKX_TICKER,
  OKX_TICKERS,
  OKX_BIDS_ASKS,
  OKX_BOOK,
  OKX_SHALLOW_BOOK,
  OKX_TRADE,
  OKX_CANDLES,
  OKX_MARK_CANDLES,
  OKX_INDEX_CANDLES,
  OKX_MARK_PRICE,
  OKX_LIQUIDATIONS,
  OKX_OWN_ORDERS,
  OKX_OWN_FILLS,
  OKX_OWN_STRATEGIES,
  OKX_OWN_ADVANCED,
  OKX_OWN_BALANCES,
  OKX_OWN_POSITIONS,
  OKX_CHANNELS
};

extern const bourse_channel bourse__okx_channels[OKX_CHANNELS];

/* A message of a channel. */
typedef struct bourse__okx_message {
  uint32_t channel; /* first row of the table that it may be for */
  bourse_slice id;  /* of the market; "": none */
  bourse_slice qualifier;
  bourse_slice action;
  bourse_slice event_type; /* of private channels */
  bourse_slice data;       /* as it stands there; of market data that was read in its place: nothing */
  void *rows;              /* of market data: what was read of it, in the link's arena */
  uint32_t count;
  uint32_t reserved;
} bourse__okx_message;

/* The topics of rows `first` to `last`, one after the other; NULL: none is watched. A replay knows the first row only. */
bourse_topic *bourse__okx_topic(bourse_link *link, const bourse__okx_message *m, uint32_t channel);

/* --- stream_market.c --- */

/* Rows of these channels are read where they stand, and handed on once the whole message was read. */
int32_t bourse__okx_has_rows(uint32_t channel);
int32_t bourse__okx_read_rows(bourse_decoder *decoder, bourse__okx_message *m);
int32_t bourse__okx_receive_rows(bourse_link *link, const bourse__okx_message *m);
int32_t bourse__okx_receive_book(bourse_link *link, const bourse__okx_message *m);
/* 1: the message was a change of a book in its usual form, and was handed on. */
int32_t bourse__okx_receive_change(bourse_link *link, const char *bytes, size_t length);
int32_t bourse__okx_receive_liquidations(bourse_link *link, const bourse__okx_message *m);

/* --- stream_account.c --- */
int32_t bourse__okx_receive_orders(bourse_link *link, const bourse__okx_message *m);
int32_t bourse__okx_receive_strategies(bourse_link *link, const bourse__okx_message *m);
int32_t bourse__okx_receive_balances(bourse_link *link, const bourse__okx_message *m);
int32_t bourse__okx_receive_positions(bourse_link *link, const bourse__okx_message *m);

#endif
