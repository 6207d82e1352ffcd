/* exchange/binance/stream.h - what the files about streams share. */
#ifndef EXCHANGE_BINANCE_STREAM_H
#define EXCHANGE_BINANCE_STREAM_H

#include "exchange/binance/binance.h"

extern const bourse_stream_adapter bourse__binance_streams;

/* Indexes into the sockets. */
enum {
  BINANCE_SOCKET_SPOT,
  BINANCE_SOCKET_API,    /* WebSocket API of spot: user data and orders */
  BINANCE_SOCKET_MARGIN, /* the same for margin, by listen token, without orders */
  BINANCE_SOCKET_LINEAR_PUBLIC,
  BINANCE_SOCKET_LINEAR_MARKET,
  BINANCE_SOCKET_LINEAR_USER,
  BINANCE_SOCKET_LINEAR_API,
  BINANCE_SOCKET_INVERSE,
  BINANCE_SOCKET_INVERSE_USER,
  BINANCE_SOCKETS
};

/* What a channel is about: the variant of its row. Rows of single markets and of all markets differ. */
enum {
  BINANCE_TICKER,
  BINANCE_ALL_TICKERS,
  BINANCE_BEST,
  BINANCE_ALL_BEST,
  BINANCE_BOOK,
  BINANCE_TRADE,     /* single trades: watched on spot */
  BINANCE_AGGREGATE, /* aggregated ones: watched on futures */
  BINANCE_CANDLE,
  BINANCE_MARK_PRICE,
  BINANCE_ALL_MARK_PRICES,
  BINANCE_LIQUIDATION,
  BINANCE_ALL_LIQUIDATIONS,
  BINANCE_OWN_ORDERS,
  BINANCE_OWN_FILLS,
  BINANCE_OWN_BALANCES,
  BINANCE_OWN_POSITIONS,
  BINANCE_FEEDS
};

/* One message, or the part of one that is the event. The decoder stands before the event's value. */
typedef struct bourse__binance_event {
  bourse_link *link;
  bourse_slice stream; /* its name, where messages are combined; else empty */
  bourse_slice type;   /* "depthUpdate"; empty where there is none (spot's best prices) */
  bourse_decoder decoder;
} bourse__binance_event;

/* --- stream.c --- */

/* The topic of such a message, NULL when nobody watches it. */
bourse_topic *bourse__binance_topic(bourse_link *link, int32_t feed, bourse_slice id, bourse_slice qualifier);
/* Custom field, as bourse_decode_market: of decoders whose user_data is the link. */
int32_t bourse__binance_link_market(bourse_decoder *decoder, void *member);
/* Ends the reading of an event, and checks what follows it in the message. */
int32_t bourse__binance_end(bourse__binance_event *event);

/* --- stream_market.c and stream_user.c --- Read an event of a type they know; 0: not theirs. Otherwise *code is what
 * receive returns. */
int32_t bourse__binance_market_event(bourse__binance_event *event, int32_t *code);
int32_t bourse__binance_user_event(bourse__binance_event *event, int32_t *code);
/* All markets at once: the decoder stands before an array. */
int32_t bourse__binance_market_events(bourse__binance_event *event);

/* --- stream_api.c --- */

/* Signs a request and writes it as a message of the WebSocket API. */
int32_t bourse__binance_sign_message(bourse_call *call);
/* Subscribes (or no longer) to what happens on the account of this link. */
int32_t bourse__binance_subscribe_user(bourse_link *link, int32_t on, int64_t id, bourse_text *message);
/* An answer: to a subscription, to a request, or to nothing we know of. */
typedef struct bourse__binance_answer {
  bourse_slice id; /* empty: none, or null */
  bourse_slice result;
  bourse_slice error; /* {"code": ..., "msg": ...} */
  bourse_slice code;  /* the same two not wrapped */
  bourse_slice message;
  int32_t status; /* 0: not an answer of the WebSocket API */
} bourse__binance_answer;
int32_t bourse__binance_answered(bourse_link *link, const bourse__binance_answer *answer);

#endif
