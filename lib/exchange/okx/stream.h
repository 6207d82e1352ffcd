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

#endif
