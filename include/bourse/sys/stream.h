/* bourse/sys/stream.h - what an exchange's streams are to the library: kinds of connections, channels, and small functions
 * that write subscriptions and read messages. Second tier: may change until 1.0.
 *
 * As everywhere in an adapter: no sockets, no clock, no malloc. The library makes and renews connections, paces and restores
 * subscriptions, watches for silence, keeps books and hands records on. The life of one connection ("link"):
 *
 *     [fetch_stream_token]        when the socket wants a token (is_public: the socket is not private)
 *     url(link)                   host and path, unless the adapter knows better
 *     login(link)                 first message, when there is one; ends with bourse_emit_login
 *     subscribe(link, topics)     paced, batched; ends with bourse_emit_ack (or at once: BOURSE_CHANNEL_SILENT)
 *     receive(link, message)      whatever comes: bourse_emit_*
 *
 * A topic is one channel for one market (or account): what `receive` finds again by channel, the market's id as messages
 * write it, and a qualifier (a candle's interval). */
#ifndef BOURSE_SYS_STREAM_H
#define BOURSE_SYS_STREAM_H

#include <bourse/exchange.h>
#include <bourse/sys/arena.h>
#include <bourse/sys/book.h>
#include <bourse/sys/signer.h>
#include <bourse/sys/text.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bourse_adapter bourse_adapter;
typedef struct bourse_link bourse_link;
typedef struct bourse_topic bourse_topic;
typedef struct bourse_channel bourse_channel;

enum {
  BOURSE_SOCKET_TOKEN = 1,      /* fetch_stream_token before every connection */
  BOURSE_SOCKET_PRIVATE = 2,    /* needs credentials */
  BOURSE_SOCKET_MIXED = 4,      /* one subscribe message may carry topics of several channels */
  BOURSE_SOCKET_COMPRESS = 8,   /* offer permessage-deflate */
  BOURSE_SOCKET_ORDERS = 16,    /* orders are entered here: requests of endpoints with BOURSE_ENDPOINT_SOCKET */
  BOURSE_SOCKET_GREETS = 32,    /* the exchange speaks first: nothing is sent before bourse_emit_login, though there is no login */
  BOURSE_SOCKET_SHARES_SENDS = 64 /* sends_max is of all connections of this kind, by address */
};

/* A kind of connection. */
typedef struct bourse_socket {
  const char *name;           /* "spot market data" */
  uint8_t host;               /* index into adapter->hosts; that host's URL begins with wss:// */
  uint8_t reserved[3];
  uint32_t flags;             /* BOURSE_SOCKET_* */
  const char *path;           /* after the host's URL */
  uint32_t products;          /* BOURSE_FOR_*: whose messages come here */
  uint32_t topics_max;        /* topics of one connection; 0: any number */
  uint32_t batch_max;         /* topics of one message; 0: 1 */
  uint32_t sends_max;         /* our messages in sends_interval_ns; 0: any number */
  int64_t sends_interval_ns;
  uint32_t connects_max;      /* new connections from one address to the host in connects_interval_ns; 0: any number */
  uint32_t reserved2;
  int64_t connects_interval_ns;
  int64_t lifetime_ns;        /* the exchange ends a connection then, so it is renewed before; 0: lasts */
  int64_t ping_ns;            /* we send `ping` (or a WebSocket ping) after so long; 0: never */
  int64_t silence_ns;         /* nothing at all for so long, answers to pings included: the connection is broken */
  int64_t token_extend_ns;    /* extend_stream_token this often; 0: never */
} bourse_socket;

enum {
  BOURSE_CHANNEL_ACCOUNT = 1, /* of the account: no market in the topic; the stream's symbols filter */
  BOURSE_CHANNEL_ALL = 2,     /* one topic brings all markets: used when no symbols are given */
  BOURSE_CHANNEL_SILENT = 4,  /* no answer comes to subscribing: live at once */
  BOURSE_CHANNEL_IMPLICIT = 8, /* nothing is sent: being connected is being subscribed */
  BOURSE_CHANNEL_SPARSE = 16, /* a record holds only what changed since the one before of the same id: merged by the library */
  BOURSE_CHANNEL_SNAPSHOT = 32, /* the channel itself begins with the whole state: no request is made for it */
  BOURSE_CHANNEL_ROLLING = 64   /* candles that no message calls closed: the library does when the next one begins */
};

struct bourse_channel {
  int32_t operation;   /* BOURSE_OP_WATCH_* */
  uint32_t products;   /* BOURSE_FOR_* */
  uint8_t socket;      /* index into sockets */
  uint8_t proof;       /* BOURSE_PROOF_*, books */
  uint8_t source;      /* BOURSE_BOOK_FROM_*, books */
  uint8_t group;       /* not 0: channels of one group are one subscription at the exchange */
  uint32_t flags;      /* BOURSE_CHANNEL_* */
  uint32_t variant;    /* the adapter's own */
  uint32_t reserved;
  const char *name;    /* as the exchange calls it */
  int64_t silence_ns;  /* a topic that brings nothing for so long is stale; 0: may be silent */
};

/* One channel for one market. The adapter's `topic` fills what is marked. */
struct bourse_topic {
  const bourse_channel *channel;
  const bourse_market *market; /* NULL: account, or all */
  const char *id;        /* *: as messages write the market; "" without one. Default: market->id */
  const char *qualifier; /* *: what else tells topics of one channel apart in messages ("1m"); "" */
  const char *name;      /* *: as subscriptions write it, where the exchange has such a text ("btcusdt@depth@100ms") */
  uint32_t depth;        /* *: levels subscribed; 0: all */
  uint32_t keep_depth;   /* *: levels to keep; 0: all */
  int64_t native;        /* *: the adapter's own */
  int32_t operation;
  int32_t product;
  int32_t margin_mode;
  int32_t reserved;
};

/* A watch being set up: choose and topic see this. */
typedef struct bourse_watch_call {
  const bourse_adapter *adapter;
  void *state;
  const bourse_request *request;
  const bourse_market *market; /* NULL: none was given */
  int32_t operation;
  int32_t product;
  int32_t margin_mode;
  int32_t environment;
  int64_t interval_ms;         /* wanted; 0: the shortest */
  bourse_arena *arena;
  struct bourse__failure *failure; /* the library's */
} bourse_watch_call;

/* A connection. Adapters read it, and write scratch and memory. */
struct bourse_link {
  const bourse_adapter *adapter;
  void *state;                 /* the handle's */
  const bourse_socket *socket;
  bourse_arena *arena;         /* emptied before each call */
  bourse_signer *signer;       /* NULL without credentials */
  const char *api_key;         /* "" without */
  const char *token;           /* of fetch_stream_token; "" */
  const char *symbol;          /* of an isolated margin account; "" */
  int32_t product;             /* BOURSE_PRODUCT_* that it was made for */
  int32_t margin_mode;
  int32_t environment;
  int32_t lenient;             /* yes: topics are made as messages name them (replay) */
  int64_t now_ns;              /* UTC at the exchange */
  int64_t received_ns;         /* of the message in hand */
  int64_t receive_window_ms;
  int64_t scratch[4];
  char memory[512];            /* the adapter's own, zeroed for each connection */
};

/* What the exchange answered to a subscription. */
typedef struct bourse_ack {
  int64_t id;                  /* of the message it answers; 0: not said, topic tells */
  const bourse_topic *topic;   /* NULL: all topics of the message */
  int32_t code;                /* BOURSE_OK, or BOURSE_ERROR_* */
  int32_t off;                 /* yes: an unsubscription */
  bourse_slice exchange_code;
  bourse_slice exchange_message;
} bourse_ack;

typedef struct bourse_stream_adapter {
  uint32_t struct_size;
  uint32_t api_version;
  const bourse_socket *sockets;
  const bourse_channel *channels;
  uint32_t socket_count;
  uint32_t channel_count;
  /* The channel for a watch; NULL after bourse_watch_fail. Function NULL: the first row of operation and product. */
  const bourse_channel *(*choose)(bourse_watch_call *call);
  /* Fills the marked members. NULL: defaults. */
  int32_t (*topic)(bourse_watch_call *call, bourse_topic *topic);
  /* Writes the whole URL. NULL: the host's URL and the socket's path. */
  int32_t (*url)(bourse_link *link, bourse_text *url);
  /* Writes the first message (nothing written: there is none, and the link is ready). */
  int32_t (*login)(bourse_link *link, bourse_text *message);
  /* Writes one message that subscribes (on) or unsubscribes `count` topics. `id` is unique on the link. */
  int32_t (*subscribe)(bourse_link *link, int32_t on, const bourse_topic *const *topics, uint32_t count, int64_t id,
                       bourse_text *message);
  /* Writes a ping in the exchange's own form. NULL, or nothing written: a WebSocket ping. */
  int32_t (*ping)(bourse_link *link, int64_t id, bourse_text *message);
  /* Reads one message. BOURSE_OK, or BOURSE_ERROR_BAD_REPLY (counted, reported, and the message is passed over). */
  int32_t (*receive)(bourse_link *link, const char *bytes, size_t length);
} bourse_stream_adapter;

/* --- For choose and topic --- */
BOURSE_API int32_t bourse_watch_fail(bourse_watch_call *call, int32_t code, const char *field, const char *message, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 4, 5)))
#endif
    ;
/* First row of `operation` that serves one of `products` with this variant; NULL: none. */
BOURSE_API const bourse_channel *bourse_find_channel(const bourse_adapter *adapter, int32_t operation, uint32_t products,
                                                     uint32_t variant);
/* BOURSE_FOR_* bit of the watch's product and margin mode. */
BOURSE_API uint32_t bourse_watch_for(const bourse_watch_call *call);

/* --- For receive --- What is given is borrowed for the call. */

/* The topic that such a message belongs to; NULL: nobody watches it (any more), pass it over. */
BOURSE_API bourse_topic *bourse_link_topic(bourse_link *link, const bourse_channel *channel, bourse_slice id, bourse_slice qualifier);
/* Market by the exchange's id (REST's) in the table of `product`; NULL: not listed. */
BOURSE_API const bourse_market *bourse_link_market(bourse_link *link, int32_t product, bourse_slice id);
/* Market by unified symbol. */
BOURSE_API const bourse_market *bourse_link_market_by_symbol(bourse_link *link, int32_t product, bourse_slice symbol);
/* Starts a decoder over the message or a part of it; and ends it: BOURSE_OK, or BOURSE_ERROR_BAD_REPLY with what was wrong
 * kept for the report. */
struct bourse_decoder;
BOURSE_API void bourse_link_decode(bourse_link *link, struct bourse_decoder *decoder, const char *bytes, size_t length);
/* The same over a copy of the bytes when they are few, which is quicker: slices then point into the copy, and no other place
 * in the bytes may be given to the decoder. */
BOURSE_API void bourse_link_decode_copy(bourse_link *link, struct bourse_decoder *decoder, const char *bytes, size_t length);
BOURSE_API int32_t bourse_link_decoded(bourse_link *link, struct bourse_decoder *decoder);
/* The message is not of the documented form, or none we know. Returns BOURSE_ERROR_BAD_REPLY. */
BOURSE_API int32_t bourse_link_unknown(bourse_link *link, const char *what);

/* Records of a topic (symbol and market id set by the adapter). time_ns: the exchange's. flags: BOURSE_STREAM_SNAPSHOT. */
BOURSE_API void bourse_emit(bourse_link *link, bourse_topic *topic, int32_t kind, const void *records, uint32_t count,
                            int64_t time_ns, uint32_t flags);
/* A change of a book; levels may lie in the link's arena. */
BOURSE_API void bourse_emit_book(bourse_link *link, bourse_topic *topic, const bourse_book_update *update);
BOURSE_API void bourse_emit_ack(bourse_link *link, const bourse_ack *ack);
/* The login is done (BOURSE_OK) or refused. */
BOURSE_API void bourse_emit_login(bourse_link *link, int32_t code, bourse_slice exchange_code, bourse_slice exchange_message);
/* The answer to an order-entry message: status as HTTP would have it, body as endpoint->parse and adapter->error read it. */
BOURSE_API void bourse_emit_reply(bourse_link *link, int64_t id, int32_t http_status, bourse_slice body);
/* The exchange will close this connection soon: another is made, then this one is left. */
BOURSE_API void bourse_emit_shutdown(bourse_link *link);
/* The token is dead: connect anew with another. */
BOURSE_API void bourse_emit_token_dead(bourse_link *link);
/* Messages of this connection were lost, and it cannot be told whose: the number expected, and the one that came. All books on
 * it are begun anew, and what private channels missed is asked for. */
BOURSE_API void bourse_emit_missed(bourse_link *link, int64_t expected, int64_t found);
/* Something of this topic came about that messages do not tell in full: it is asked for, as after a break. */
BOURSE_API void bourse_emit_news(bourse_link *link, bourse_topic *topic);
/* A refusal that belongs to no subscription or request we can tell: reported as an ERROR event to all on this link. */
BOURSE_API void bourse_emit_error(bourse_link *link, int32_t code, bourse_slice exchange_code, bourse_slice exchange_message);
/* Appends a token as bourse_jwt makes them, without a uri and never kept. BOURSE_OK or the code. */
BOURSE_API int32_t bourse_link_jwt(bourse_link *link, const char *issuer, int64_t life_s, struct bourse_text *out);
/* Sends one message more (an answer in a login, a ping's answer in the exchange's own form). */
BOURSE_API int32_t bourse_link_send(bourse_link *link, const char *text, size_t length);

#ifdef __cplusplus
}
#endif
#endif
