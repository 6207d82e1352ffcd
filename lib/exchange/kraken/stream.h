/* exchange/kraken/stream.h - what the files about streams share.
 *
 *   stream.c          tables of connections and channels; subscriptions and public messages of spot (WebSocket v2)
 *   stream_account.c  own orders, fills and balances of spot
 *   stream_orders.c   orders of spot entered over the socket
 *   futures_stream.c  the futures' WebSocket v1, reached by the last functions here
 *   futures_stream_account.c  own orders, fills, positions and balances of futures */
#ifndef EXCHANGE_KRAKEN_STREAM_H
#define EXCHANGE_KRAKEN_STREAM_H

#include <bourse/stream.h>

#include "exchange/kraken/kraken.h"

/* Kinds of connections. */
enum {
  KRAKEN_SOCKET_MARKET,
  KRAKEN_SOCKET_QUOTES, /* tickers at every change of the best prices: their messages look like those of trades */
  KRAKEN_SOCKET_ACCOUNT,
  KRAKEN_SOCKET_FUTURES,
  KRAKEN_SOCKET_FUTURES_ACCOUNT,
  KRAKEN_SOCKETS
};

/* Rows of the table of channels. Those that bring the same messages stand together. */
enum {
  KRAKEN_TICKER,
  KRAKEN_TICKERS,
  KRAKEN_BIDS_ASKS,
  KRAKEN_BOOK,
  KRAKEN_TRADES,
  KRAKEN_CANDLES,
  KRAKEN_ORDERS,
  KRAKEN_FILLS,
  KRAKEN_BALANCES,
  KRAKEN_FUTURES_TICKER,
  KRAKEN_FUTURES_TICKERS,
  KRAKEN_FUTURES_BIDS_ASKS,
  KRAKEN_FUTURES_MARK_PRICE,
  KRAKEN_FUTURES_BOOK,
  KRAKEN_FUTURES_TRADES,
  KRAKEN_FUTURES_LIQUIDATIONS,
  KRAKEN_FUTURES_ORDERS,
  KRAKEN_FUTURES_FILLS,
  KRAKEN_FUTURES_BALANCES,
  KRAKEN_FUTURES_POSITIONS,
  KRAKEN_CHANNELS
};

extern const bourse_channel bourse__kraken_channels[KRAKEN_CHANNELS];

/* Rows being collected from one message, in the link's arena. */
typedef struct bourse__kraken_list {
  char *items;
  uint32_t count;
  uint32_t capacity;
  uint32_t size; /* of one */
} bourse__kraken_list;
/* A new zeroed row; NULL after failing the decoder, as memory is out. */
void *bourse__kraken_add_row(bourse_decoder *decoder, bourse__kraken_list *rows);

/* A market's name in messages, where a row has one; the row begins with its record. */
typedef struct bourse__kraken_kind {
  int32_t kind; /* BOURSE_KIND_* */
  uint32_t record_size;
  uint32_t row_size;
  uint32_t id_offset;   /* bourse_slice */
  uint32_t time_offset; /* of the record's time */
  /* Sets what follows from the topic. */
  void (*finish)(bourse_link *link, const bourse_topic *topic, void *record);
} bourse__kraken_kind;

/* Hands rows on, runs of one market at a time, to the topics of `count` channels from `first` on; a replay knows the first
 * of them only. `qualifier` is that of all rows. */
void bourse__kraken_emit_rows(bourse_link *link, const bourse__kraken_kind *kind, uint32_t first, uint32_t count,
                              const bourse__kraken_list *rows, bourse_slice qualifier, uint32_t flags);

/* Custom field: a side of a book, [{"price": ..., "qty": ...}, ...]. */
typedef bourse_level_list bourse__kraken_side;
int32_t bourse__kraken_read_side(bourse_decoder *decoder, void *member);

/* Unified symbol and id of a topic's market into a record's pair of strings. */
void bourse__kraken_name_market(const bourse_topic *topic, const char **symbol, const char **id);

/* The spot market that messages call so; NULL: not listed. */
const bourse_market *bourse__kraken_market_named(bourse_link *link, bourse_slice name);

static inline bourse_slice bourse__kraken_no_slice(void) { return (bourse_slice){"", 0}; }

/* What messages call a spot market, in the arena or the market's own; NULL: memory is out. */
const char *bourse__kraken_market_name(bourse_arena *arena, const bourse_market *market);

/* --- stream_account.c --- */
int32_t bourse__kraken_read_executions(bourse_decoder *decoder, bourse__kraken_list *rows);
int32_t bourse__kraken_emit_executions(bourse_link *link, bourse__kraken_list *rows, int32_t snapshot);
int32_t bourse__kraken_read_balances(bourse_decoder *decoder, bourse__kraken_list *rows);
void bourse__kraken_emit_balances(bourse_link *link, bourse__kraken_list *rows, int32_t snapshot);

/* --- futures_stream.c --- */
int32_t bourse__kraken_futures_login(bourse_link *link, bourse_text *message);
int32_t bourse__kraken_futures_subscribe(bourse_link *link, int32_t on, const bourse_topic *const *topics,
                                         uint32_t count, bourse_text *message);
int32_t bourse__kraken_futures_receive(bourse_link *link, const char *bytes, size_t length);

/* --- Shared by futures_stream*.c --- */

/* A market's id in capitals, as it mostly comes. */
bourse_slice bourse__kraken_futures_id(bourse_link *link, bourse_slice id);
int32_t bourse__kraken_is_inverse(bourse_slice id);
/* Unified symbol and id into a record, the id as it came where it is not listed; the market or NULL. */
const bourse_market *bourse__kraken_futures_name(bourse_link *link, bourse_slice id, const char **symbol,
                                                 const char **market_id);
/* What contracts are worth in quote units, where it follows exactly. */
void bourse__kraken_futures_cost(bourse_decimal *cost, const bourse_market *market, int32_t inverse,
                                 const bourse_decimal *contracts, const bourse_decimal *price);
int32_t bourse__kraken_receive_orders(bourse_link *link, bourse_decoder *decoder, int32_t snapshot);
int32_t bourse__kraken_receive_fills(bourse_link *link, bourse_decoder *decoder, int32_t snapshot);
int32_t bourse__kraken_receive_positions(bourse_link *link, bourse_decoder *decoder);
int32_t bourse__kraken_receive_balances(bourse_link *link, bourse_decoder *decoder, int32_t snapshot);

#endif
