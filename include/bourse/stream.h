/* bourse/stream.h - live streams: tickers, books, trades, candles, own orders, fills, balances and positions as they change.
 *
 * A stream watches one channel for one or several symbols. What it is subscribed to is state, not a call: connections are
 * made, renewed and made again, subscriptions restored, and, on private channels, what was missed is asked for by request.
 * A stream belongs to its context's thread. Its events come through bourse_stream_next, or to a callback from inside
 * bourse_run:
 *
 *     bourse_watch(&stream, exchange, &request, NULL);
 *     for (;;) {
 *       bourse_run(context, -1);
 *       while (bourse_stream_next(stream, &event) > 0) ...
 *     }
 */
#ifndef BOURSE_STREAM_H
#define BOURSE_STREAM_H

#include <bourse/base.h>
#include <bourse/exchange.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bourse_stream bourse_stream;

/* Of a stream as a whole (the least of its symbols) and of each symbol. Only what is LIVE is known to be true now. */
enum {
  BOURSE_STREAM_CONNECTING = 1,
  BOURSE_STREAM_SYNCING = 2, /* subscribed; the first state is on its way */
  BOURSE_STREAM_LIVE = 3,
  BOURSE_STREAM_STALE = 4,   /* broken, silent for too long, or a gap was found: being repaired */
  BOURSE_STREAM_CLOSED = 5   /* for good: see the event's error */
};

enum {
  BOURSE_STREAM_DATA = 1,  /* records */
  BOURSE_STREAM_STATE = 2, /* the state of a symbol, or of the whole stream (symbol NULL), has changed */
  BOURSE_STREAM_GAP = 3,   /* messages were lost or false: gap_* tell what; the symbol is STALE and being repaired */
  BOURSE_STREAM_ERROR = 4  /* error tells; the stream goes on unless its state is CLOSED */
};

/* Of DATA events. */
enum {
  BOURSE_STREAM_SNAPSHOT = 1,  /* the whole state, not a change */
  BOURSE_STREAM_RECONCILED = 2 /* asked for by request after a connection was made (again) */
};

enum {
  BOURSE_GAP_SEQUENCE = 1,  /* gap_found came where gap_expected should have */
  BOURSE_GAP_CHECKSUM = 2,  /* the exchange's checksum is gap_expected, ours gap_found */
  BOURSE_GAP_CROSSED = 3,   /* best bid at or over best ask */
  BOURSE_GAP_OVERFLOW = 4,  /* more came before the first state than may be held */
  BOURSE_GAP_MALFORMED = 5, /* a message that cannot be applied */
  BOURSE_GAP_ORDER = 6      /* numbers went back */
};

/* What to do when events come faster than they are taken. */
enum {
  BOURSE_QUEUE_CONFLATE = 1,    /* of a symbol only the newest state is kept (tickers, books, candles, positions, ...) */
  BOURSE_QUEUE_DROP_OLDEST = 2, /* the oldest goes; the next event's `dropped` counts */
  BOURSE_QUEUE_PAUSE = 3        /* the connection is read no further until there is room */
};

/* Something that happened. Everything in it is borrowed: until the callback returns, or until the next call of
 * bourse_stream_next for this stream or bourse_stream_close. */
typedef struct bourse_stream_event {
  uint32_t struct_size;
  uint32_t api_version;
  int32_t kind;          /* BOURSE_STREAM_DATA ... */
  int32_t operation;     /* BOURSE_OP_WATCH_* */
  bourse_stream *stream;
  const char *symbol;    /* NULL: the whole stream, or records of several */
  int32_t state;         /* BOURSE_STREAM_CONNECTING ... */
  int32_t record_kind;   /* BOURSE_KIND_*; of an order book only symbol, times and number: read levels with bourse_book_* */
  const void *records;   /* reach them with bourse_stream_event_record */
  uint32_t record_size;
  uint32_t count;
  uint32_t flags;        /* BOURSE_STREAM_SNAPSHOT ... */
  uint32_t dropped;      /* events of this stream lost to the queue's bound since the one before */
  int32_t gap_kind;      /* BOURSE_GAP_* */
  int32_t error_code;    /* BOURSE_ERROR_* */
  int64_t gap_expected;
  int64_t gap_found;
  int64_t time_ns;       /* the exchange's; 0: not said */
  int64_t received_ns;   /* when the bytes were read */
  int64_t delivered_ns;  /* when this event was handed over */
  const bourse_error *error; /* NULL: none */
  void *user_data;
} bourse_stream_event;

#define BOURSE_STREAM_EVENT_INIT BOURSE_STAMPED(bourse_stream_event)

typedef struct bourse_stream_options {
  uint32_t struct_size;
  uint32_t api_version;
  int32_t policy;           /* BOURSE_QUEUE_*; 0: conflate where the channel is of states, drop oldest otherwise */
  uint32_t queue_limit;     /* events; 0: 1000 */
  int64_t stale_after_ms;   /* a symbol silent for so long is STALE; 0: the channel's own; negative: never */
  int64_t interval_ms;      /* wanted time between updates, where the channel has several; 0: the shortest */
  int32_t reconcile;        /* no: private channels do not ask by request for what they missed */
  int32_t reserved;
  void (*on_event)(void *user_data, const bourse_stream_event *event); /* instead of the queue; from inside bourse_run */
  void *user_data;
} bourse_stream_options;

#define BOURSE_STREAM_OPTIONS_INIT BOURSE_STAMPED(bourse_stream_options)

/* Zeroes the first `size` bytes of the struct and stamps it. Errors: BOURSE_ERROR_ARGUMENT. Any thread. */
BOURSE_API int32_t bourse_stream_options_init(bourse_stream_options *options, uint32_t size);

/* Opens a stream. request->operation is one of BOURSE_OP_WATCH_*; symbol or symbols name the markets, limit is a book's
 * depth. `options` may be NULL. Returns at once; what goes wrong later is an event: when the markets cannot be loaded or a
 * symbol is not listed, an ERROR, and the stream is CLOSED. Errors: BOURSE_ERROR_STRUCT, _ARGUMENT,
 * _UNSUPPORTED, _CREDENTIALS, _STATE, _MEMORY. */
BOURSE_API int32_t bourse_watch(bourse_stream **out, bourse_exchange *exchange, const bourse_request *request,
                                const bourse_stream_options *options);

/* The everyday ones. */
BOURSE_API int32_t bourse_watch_ticker(bourse_stream **out, bourse_exchange *exchange, const char *symbol);
BOURSE_API int32_t bourse_watch_order_book(bourse_stream **out, bourse_exchange *exchange, const char *symbol, uint32_t depth);
BOURSE_API int32_t bourse_watch_trades(bourse_stream **out, bourse_exchange *exchange, const char *symbol);
BOURSE_API int32_t bourse_watch_candles(bourse_stream **out, bourse_exchange *exchange, const char *symbol,
                                        const char *timeframe);
BOURSE_API int32_t bourse_watch_orders(bourse_stream **out, bourse_exchange *exchange);
BOURSE_API int32_t bourse_watch_my_trades(bourse_stream **out, bourse_exchange *exchange);
BOURSE_API int32_t bourse_watch_balances(bourse_stream **out, bourse_exchange *exchange);
BOURSE_API int32_t bourse_watch_positions(bourse_stream **out, bourse_exchange *exchange);

/* Watches more symbols, or no longer some. Errors as of bourse_watch; BOURSE_ERROR_ARGUMENT when the channel has no symbols. */
BOURSE_API int32_t bourse_stream_add(bourse_stream *stream, const char *const *symbols, uint32_t count);
BOURSE_API int32_t bourse_stream_remove(bourse_stream *stream, const char *const *symbols, uint32_t count);

/* Unwatches everything and frees. NULL is fine, so is a stream whose exchange or context is closed; may be called inside a
 * callback. */
BOURSE_API void bourse_stream_close(bourse_stream *stream);

/* The oldest event waiting. 1: there was one; 0: none; or an error. */
BOURSE_API int32_t bourse_stream_next(bourse_stream *stream, bourse_stream_event *event);

/* The same, waiting at most max_wait_ms (-1: without limit); other requests of the context go on meanwhile. Not inside a
 * callback. */
BOURSE_API int32_t bourse_stream_wait(bourse_stream *stream, bourse_stream_event *event, int64_t max_wait_ms);

/* A stream of the context that has events waiting, the one that waits longest; NULL: none. */
BOURSE_API bourse_stream *bourse_stream_ready(bourse_context *context);

/* Record `index` of an event; NULL past the end. */
BOURSE_API const void *bourse_stream_event_record(const bourse_stream_event *event, uint32_t index);

/* State of one symbol, or of the whole (symbol NULL); 0 when the stream does not watch it. */
BOURSE_API int32_t bourse_stream_state(const bourse_stream *stream, const char *symbol);
BOURSE_API int32_t bourse_stream_operation(const bourse_stream *stream);
BOURSE_API bourse_exchange *bourse_stream_exchange(const bourse_stream *stream); /* NULL once closed */

/* Counters by name, for metrics: 0-based index, NULL past the last. Names are stable. */
BOURSE_API const char *bourse_stream_counter_name(uint32_t index);
BOURSE_API int64_t bourse_stream_counter(const bourse_stream *stream, uint32_t index);

/* --- Reading books ---
 * Of a stream of watch_order_book. BOURSE_ERROR_STATE unless that symbol is LIVE: an unproven book cannot be read.
 * symbol may be NULL when the stream watches one. side: BOURSE_SIDE_BUY (bids) or BOURSE_SIDE_SELL (asks). */

/* Absent decimals on an empty side. */
BOURSE_API int32_t bourse_book_best(bourse_level *out_bid, bourse_level *out_ask, const bourse_stream *stream, const char *symbol);
/* Level `index`, 0 the best. BOURSE_ERROR_ARGUMENT past the end. */
BOURSE_API int32_t bourse_book_level(bourse_level *out, const bourse_stream *stream, const char *symbol, int32_t side,
                                     uint32_t index);
/* Up to *count levels from the best on into `out`; *count becomes how many there were. */
BOURSE_API int32_t bourse_book_levels(bourse_level *out, uint32_t *count, const bourse_stream *stream, const char *symbol,
                                      int32_t side);
/* Number of levels of a side. */
BOURSE_API int32_t bourse_book_count(uint32_t *out, const bourse_stream *stream, const char *symbol, int32_t side);
/* Amount (base units) and cost (quote units) of all levels from the best to `price`, inclusive. out_cost may be NULL. */
BOURSE_API int32_t bourse_book_volume(bourse_decimal *out_amount, bourse_decimal *out_cost, const bourse_stream *stream,
                                      const char *symbol, int32_t side, const bourse_decimal *price);
/* The exchange's number and time of the present state; either may be NULL. */
BOURSE_API int32_t bourse_book_sequence(int64_t *out_sequence, int64_t *out_time_ns, const bourse_stream *stream,
                                        const char *symbol);

#ifdef __cplusplus
}
#endif
#endif
