/* exchange/bybit/stream.h - what the files about streams share.
 *
 *   stream.c          tables of connections and channels; login, subscriptions, and what kind of message one is
 *   stream_market.c   public messages
 *   stream_account.c  own orders, fills, positions and balances
 *   stream_orders.c   orders entered over a socket */
#ifndef EXCHANGE_BYBIT_STREAM_H
#define EXCHANGE_BYBIT_STREAM_H

#include <bourse/stream.h>

#include "exchange/bybit/bybit.h"

/* Kinds of connections: one of the market data of each product. */
enum {
  BYBIT_SOCKET_SPOT,
  BYBIT_SOCKET_LINEAR,
  BYBIT_SOCKET_INVERSE,
  BYBIT_SOCKET_OPTION,
  BYBIT_SOCKET_ACCOUNT,
  BYBIT_SOCKET_ORDERS,
  BYBIT_SOCKETS
};

/* Rows of the table of channels: what each product has, in the same order, as far as it has it. */
enum {
  BYBIT_TICKER,
  BYBIT_TICKERS,
  BYBIT_BIDS_ASKS,
  BYBIT_BOOK,
  BYBIT_TRADES,
  BYBIT_CANDLES,
  BYBIT_MARK_PRICE,
  BYBIT_LIQUIDATIONS,
  BYBIT_KINDS
};
enum { BYBIT_OWN_ORDERS, BYBIT_OWN_FILLS, BYBIT_OWN_POSITIONS, BYBIT_OWN_BALANCES, BYBIT_OWN_KINDS };

/* The channel of the link's product; NULL: it has none of this kind. And one of the account. */
const bourse_channel *bourse__bybit_channel(const bourse_link *link, int32_t kind);
const bourse_channel *bourse__bybit_own_channel(int32_t kind);

/* "orderbook.50.BTCUSDT": its word, what stands between, and the market's id. */
typedef struct bourse__bybit_name {
  bourse_slice word;
  bourse_slice part;
  bourse_slice id;
} bourse__bybit_name;
bourse__bybit_name bourse__bybit_split(bourse_slice topic);

/* What topics are, by their word. Those of market data come first. */
enum {
  BYBIT_IS_BOOK = 1,
  BYBIT_IS_TICKER,
  BYBIT_IS_TRADES,
  BYBIT_IS_CANDLES,
  BYBIT_IS_LIQUIDATIONS,
  BYBIT_IS_ORDERS,
  BYBIT_IS_FILLS,
  BYBIT_IS_POSITIONS,
  BYBIT_IS_WALLET,
  BYBIT_IS_NEWS
};

/* A message: whose topic it is, and what it says. */
typedef struct bourse__bybit_message {
  bourse_slice topic;
  bourse_slice type;
  bourse_slice data;
  int64_t time_ns;
  int64_t engine_ns;
  bourse_slice op;
  bourse_slice id;
  bourse_slice text;
  bourse_slice code;
  bourse_slice topics; /* of options: {"successTopics": [...], "failTopics": [...]} */
  int32_t success;
  int32_t is; /* BYBIT_IS_*; 0: a topic that we do not know */
  bourse__bybit_name name;
  void *rows; /* of market data: what was read of it, in the link's arena */
  uint32_t count;
  uint32_t reserved;
} bourse__bybit_message;

/* Begins a decoder over the message's data. */
void bourse__bybit_decode_data(bourse_link *link, bourse_decoder *decoder, const bourse__bybit_message *message);

/* --- stream_market.c --- Data of market data, read where it stands, and handed on once the whole message was read. */
int32_t bourse__bybit_read_market(bourse_decoder *decoder, bourse__bybit_message *message);
int32_t bourse__bybit_emit_market(bourse_link *link, const bourse__bybit_message *message);

/* --- stream_account.c --- BOURSE_OK, or BOURSE_ERROR_BAD_REPLY. */
int32_t bourse__bybit_receive_orders(bourse_link *link, const bourse__bybit_message *message);
int32_t bourse__bybit_receive_fills(bourse_link *link, const bourse__bybit_message *message);
int32_t bourse__bybit_receive_positions(bourse_link *link, const bourse__bybit_message *message);
int32_t bourse__bybit_receive_wallet(bourse_link *link, const bourse__bybit_message *message);

#endif
