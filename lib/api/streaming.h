/* api/streaming.h - what the files about streams share: links (connections), topics (subscriptions), streams (what callers
 * hold), and the subs that tie a stream to a topic.
 *
 *     stream ─ sub ─┐
 *     stream ─ sub ─┴─ topic ─ link ─ socket of the transport
 *
 * Callbacks of the caller may close anything. While one may be running (context->dispatching) nothing is freed: it is
 * marked dead, and bourse__streams_sweep frees it afterwards. */
#ifndef API_STREAMING_H
#define API_STREAMING_H

#include <bourse/stream.h>
#include <bourse/sys/replay.h>
#include <bourse/sys/stream.h>

#include "api/api.h"
#include "book/keeper.h"
#include "core/scan.h"

typedef struct bourse__topic bourse__topic;
typedef struct bourse__link bourse__link;
typedef struct bourse__sub bourse__sub;
typedef struct bourse__known bourse__known;

/* --- Links --- */

enum {
  BOURSE__LINK_IDLE = 0,
  BOURSE__LINK_WAITING = 1, /* for its time to connect (again) */
  BOURSE__LINK_TOKEN = 2,
  BOURSE__LINK_CONNECTING = 3,
  BOURSE__LINK_LOGIN = 4,
  BOURSE__LINK_READY = 5
};

#define BOURSE__LINK_RECENT 8 /* a power of two */

struct bourse_socket_token {
  bourse__link *link;
};

struct bourse__link {
  bourse_link seen; /* the adapter's view; first */
  bourse__link *next;
  bourse_exchange *exchange;
  bourse_context *context;
  bourse_socket_token handle;
  void *socket; /* the transport's; NULL: none */
  int32_t phase;
  int32_t dead;
  int32_t number;  /* for recordings */
  int32_t paused;  /* streams that wait for room */
  uint32_t attempt;
  uint32_t topic_count;
  uint32_t slot_mask;
  bourse__pace sends;       /* of messages, where connections have a budget each */
  bourse__topic **slots;    /* by hash of channel, id and qualifier */
  bourse__topic *recent[BOURSE__LINK_RECENT]; /* the last ones found, by channel: with few symbols, mostly the next ones too */
  bourse__topic *first;
  bourse__topic *last;
  bourse__timer wait;       /* until connecting (again) */
  bourse__timer pace;       /* until more may be sent */
  bourse__timer tick;       /* heartbeats, silence, renewal */
  int64_t opened_ns;        /* monotonic */
  int64_t heard_ns;
  int64_t pinged_ns;
  int64_t extended_ns;
  int64_t renew_ns;         /* when to be replaced; 0: never */
  int64_t retire_ns;        /* being replaced: closed then at the latest; 0: not */
  int64_t last_id;
  char *token;
  bourse__running *token_running;
  bourse__running *requests; /* sent, waiting for their answers: by next_on_link */
  bourse__link *successor;   /* that takes over, once READY */
  int32_t extending;
  int32_t opened_early;      /* from inside the transport's connect */
  int32_t replaying;
  int32_t with_token;        /* its messages carried one that says from when until when it holds */
  int32_t doubted;           /* the clock is measured again because such a one was refused */
  int32_t reading;           /* a message is in hand: what was read of it lies in the arena */
  uint32_t replay_depth;     /* that a recorded subscription asked for; 0: unknown */
  char trouble[160];         /* what was wrong with the message in hand */
  bourse_replay *replay;
};

bourse__link *bourse__link_new(bourse_exchange *exchange, uint32_t socket, int32_t product, int32_t margin_mode,
                               const char *symbol);
/* A link with room for a topic like this, made when there is none; NULL: memory is out. */
bourse__link *bourse__link_for(bourse_exchange *exchange, const bourse_channel *channel, const bourse_topic *topic,
                               const char *isolated);
/* The link that requests of this socket go over, made and started when there is none. */
bourse__link *bourse__link_for_requests(bourse_exchange *exchange, uint32_t socket, int32_t product);
void bourse__link_start(bourse__link *link);
/* Something to subscribe, unsubscribe or send. */
void bourse__link_pump(bourse__link *link);
int32_t bourse__link_write(bourse__link *link, const char *text, size_t length);
/* Gives up the connection and makes another, after a pause; `why` is for events and the log. */
void bourse__link_broken(bourse__link *link, int32_t code, const char *why, int64_t at_least_ns);
/* How long what failed `attempt` times before waits until it is tried again. */
int64_t bourse__streams_backoff_ns(const bourse_context *context, uint32_t attempt, int64_t at_least_ns);
/* The exchange did not like our time: it is measured again before the next connection. */
void bourse__link_forget_clock(bourse__link *link);
/* What a refusal means: a token that does not hold yet, or no more, is refused like one of an unknown key. Believed when it
 * comes again after the clock was measured. */
int32_t bourse__link_judge(bourse__link *link, int32_t code);
/* Makes the connection that takes over. */
void bourse__link_renew(bourse__link *link);
/* Closes and forgets; freed by the sweep. */
void bourse__link_kill(bourse__link *link);
void bourse__link_free(bourse__link *link);
void bourse__link_pause(bourse__link *link, int32_t paused);
/* Tells whoever records what went over a socket. direction: 0 opened, 1 in, -1 out. */
void bourse__link_record(bourse__link *link, int32_t direction, const char *bytes, size_t length, const char *url);
/* Sets arena, clock and trouble for a call of the adapter. */
void bourse__link_prepare(bourse__link *link);
/* The same for a message, at the time at which it was received (no clock is read), and has the adapter read it. */
int32_t bourse__link_read(bourse__link *link, const char *bytes, size_t length);

/* --- Topics --- */

enum {
  BOURSE__TOPIC_WANTED = 1, /* to be subscribed */
  BOURSE__TOPIC_ASKED = 2,
  BOURSE__TOPIC_ACTIVE = 3,
  BOURSE__TOPIC_LEAVING = 4 /* to be unsubscribed */
};

struct bourse__topic {
  bourse_topic seen; /* the adapter's view; first */
  bourse__link *link;
  bourse__topic *next;
  bourse__topic *previous;
  bourse__topic *next_in_slot;
  uint64_t hash;
  size_t id_length;        /* of seen.id and seen.qualifier */
  size_t qualifier_length;
  bourse__sub *subs;
  bourse_arena *arena;       /* its strings */
  bourse__markets *markets;  /* keeps the market alive */
  bourse__keeper *keeper;    /* books */
  bourse__known *known;      /* records by id, where they are merged */
  bourse_ticker *ticker;     /* all that is known of a market whose tickers tell what changed; NULL: none came */
  bourse_candle *candle;     /* the last one, where the exchange does not say that it is closed; time 0: none */
  bourse__running *request;  /* snapshot or reconciliation under way */
  bourse__timer again;       /* another snapshot, another try to subscribe */
  int32_t phase;
  int32_t state;             /* BOURSE_STREAM_* */
  int64_t message_id;
  int64_t asked_ns;          /* monotonic */
  int64_t heard_ns;
  int64_t broken_utc_ns;     /* when contact was last lost; 0: never */
  uint32_t tries;
  uint32_t reconcile_step;
  int32_t asks_again;        /* what was missed could not be asked for: it is, when `again` is due */
  int32_t resubscribe;       /* leave, then come back */
  int32_t dead;
};

/* Digits behind the point, as the number is written; 0 when it is absent. */
static inline uint32_t bourse__decimals_of(const bourse_decimal *value) { return value->exponent < 0 ? (uint32_t)-value->exponent : 0; }
/* A keeper for the topic's depth and market, in place of the one it has; 0: memory is out. */
int32_t bourse__topic_make_keeper(bourse__topic *topic, uint32_t price_decimals, uint32_t amount_decimals);
/* A topic on `link`, with a keeper where it is a book; NULL: memory is out. */
bourse__topic *bourse__topic_new(bourse__link *link, const bourse_topic *seen, bourse__markets *markets);
void bourse__topic_free(bourse__topic *topic);
bourse__topic *bourse__topic_find(bourse__link *link, const bourse_channel *channel, const char *id, size_t id_length,
                                  const char *qualifier, size_t qualifier_length);
static inline int32_t bourse__topic_is(const bourse__topic *topic, const bourse_channel *channel, const char *id,
                                       size_t id_length, const char *qualifier, size_t qualifier_length) {
  return topic->seen.channel == channel && topic->id_length == id_length && topic->qualifier_length == qualifier_length &&
         scan_same(topic->seen.id, id, id_length) && scan_same(topic->seen.qualifier, qualifier, qualifier_length);
}
static inline bourse__topic **bourse__topic_recent(bourse__link *link, const bourse_channel *channel) {
  return &link->recent[(channel - link->seen.adapter->stream->channels) & (BOURSE__LINK_RECENT - 1)];
}
int32_t bourse__topic_insert(bourse__link *link, bourse__topic *topic);
void bourse__topic_remove(bourse__topic *topic);
void bourse__topic_set_state(bourse__topic *topic, int32_t state);
/* It is subscribed: what it needs besides is begun. */
void bourse__topic_activated(bourse__topic *topic);
/* Contact is lost. */
void bourse__topic_lost(bourse__topic *topic, int64_t now_utc_ns);
/* It cannot be subscribed: its streams are told, and lose it. */
void bourse__topic_refused(bourse__topic *topic, const bourse__failure *failure);
/* Starts to fetch what the keeper wants, when it wants it. */
void bourse__topic_want_snapshot(bourse__topic *topic);
void bourse__topic_book(bourse__topic *topic, const bourse_book_update *update, int32_t fetched);
/* Hands on that it changed: as bourse_emit, of a book that is known to be live. */
void bourse__topic_tell_book(bourse__topic *topic, const bourse_order_book *book, uint32_t flags);
/* A message could not be read: books that it names have lost a change, which checksums might not tell. */
void bourse__topics_unread(bourse__link *link, const char *bytes, size_t length);

/* --- Streams --- */

enum {
  BOURSE__STREAM_COUNT_EVENTS,
  BOURSE__STREAM_COUNT_RECORDS,
  BOURSE__STREAM_COUNT_DROPPED,
  BOURSE__STREAM_COUNT_CONFLATED,
  BOURSE__STREAM_COUNT_GAPS,
  BOURSE__STREAM_COUNT_REPAIRS,
  BOURSE__STREAM_COUNT_CONNECTS,
  BOURSE__STREAM_COUNT_DUPLICATES,
  BOURSE__STREAM_COUNT_UNDECODED,
  BOURSE__STREAM_COUNT_QUEUE_HIGH_WATER,
  BOURSE__STREAM_COUNT_PAUSES,
  BOURSE__STREAM_COUNT
};

struct bourse__sub {
  bourse__sub *next_in_slot;
  bourse__sub *next_of_stream;
  bourse__sub *next_of_topic;
  bourse_stream *stream;
  bourse__topic *topic; /* NULL: refused, or of a closed exchange */
  char *symbol;         /* NULL: account, or all */
  int32_t state;
  int32_t dead;
  uint64_t pending;     /* number of its newest event in the queue; 0: none */
};

/* One event waiting. */
typedef struct bourse__queued {
  bourse_stream_event event;
  bourse_arena *arena;   /* what the event points to; kept from use to use */
  bourse__failure *failure;
  bourse__sub *sub;
} bourse__queued;

/* A look-up of symbols that failed in a way that passes: made again when its time has come. */
typedef struct bourse__lookup bourse__lookup;
struct bourse__lookup {
  bourse__lookup *next;
  bourse_stream *stream;
  bourse__timer wait;
  bourse_request request;
  bourse_arena *arena; /* of the request */
};

struct bourse_stream {
  bourse_stream *next;
  bourse_context *context;   /* NULL once that is freed */
  bourse_exchange *exchange; /* NULL once closed */
  bourse_allocator allocator;
  const bourse_operation_info *info;
  bourse_request request;    /* without symbols */
  bourse_arena *arena;       /* of the request */
  const char *const *filter; /* symbols of an account's stream; NULL: all */
  uint32_t filter_count;
  int32_t policy;
  uint32_t queue_limit;
  int64_t stale_after_ns;    /* 0: the channel's own; negative: never */
  int64_t interval_ms;
  int32_t reconcile;
  void (*on_event)(void *user_data, const bourse_stream_event *event);
  void *user_data;
  bourse__sub *subs;
  bourse__sub **sub_slots;   /* by hash of the symbol */
  uint32_t sub_mask;
  uint32_t sub_count;
  uint32_t state_counts[BOURSE_STREAM_CLOSED + 1];
  int32_t state;
  int32_t dead;
  int32_t resolving;         /* market look-ups under way, or put off */
  uint32_t attempt;          /* how many failed one after another */
  bourse__lookup *put_off;
  int32_t pausing;           /* it keeps links paused */
  int32_t dropped;           /* to be told with the next event */
  bourse__queued *queue;     /* ring */
  uint32_t queue_capacity;
  uint32_t queue_first;
  uint32_t queue_count;
  uint64_t first_number;     /* of the oldest event in the queue; they count from 1 */
  int32_t taken;             /* the oldest was handed out and is let go with the next call */
  int64_t counters[BOURSE__STREAM_COUNT];
};

/* The sub of a symbol (NULL: the whole); NULL: none. */
bourse__sub *bourse__stream_sub(const bourse_stream *stream, const char *symbol);
/* A new stream in the context's list; NULL: memory is out. */
bourse_stream *bourse__stream_new(bourse_exchange *exchange, const bourse_operation_info *info, const bourse_stream_options *options);
int32_t bourse__stream_add_sub(bourse_stream *stream, bourse__topic *topic, const char *symbol);
/* Hands an event to the stream's callback, or copies it into its queue. `sub` may be NULL. */
void bourse__stream_deliver(bourse_stream *stream, bourse__sub *sub, bourse_stream_event *event, const bourse__failure *failure);
void bourse__stream_sub_state(bourse__sub *sub, int32_t state);
/* The symbols asked for are known: topics are found or made. */
void bourse__stream_resolved(bourse__running *running, int32_t code);
void bourse__stream_error(bourse_stream *stream, bourse__sub *sub, const bourse__failure *failure);
/* Callbacks for what was queued outside of bourse_run. */
void bourse__streams_fire(bourse_context *context);
/* Frees what is marked dead. */
void bourse__streams_sweep(bourse_context *context);
/* Everything of a handle (NULL: of all) that is closed or freed with it. */
void bourse__streams_leave(bourse_context *context, bourse_exchange *exchange);

static inline void bourse__streams_enter(bourse_context *context) { context->dispatching++; }
static inline void bourse__streams_exit(bourse_context *context) {
  if (--context->dispatching == 0 && context->streams_dirty) bourse__streams_sweep(context);
}

/* queue */
int32_t bourse__stream_enqueue(bourse_stream *stream, bourse__sub *sub, const bourse_stream_event *event,
                               const bourse__failure *failure);
void bourse__stream_queue_free(bourse_stream *stream);
/* Lets go of the event handed out last. */
void bourse__stream_queue_release(bourse_stream *stream);

/* --- Private channels --- */

/* After a private topic became active: asks for what may have been missed. */
void bourse__reconcile(bourse__topic *topic);
/* The same once more, after it failed. */
void bourse__reconcile_again(bourse__topic *topic);
/* It is made in a moment, once for all that comes until then. */
void bourse__reconcile_soon(bourse__topic *topic);
/* Merges sparse records with what is known, and drops what came before. `records` is an array in the link's arena that may be
 * changed; returns how many are left. */
uint32_t bourse__known_take(bourse__topic *topic, int32_t kind, void *records, uint32_t count);
/* From now on duplicates are looked for (trades across the renewal of a connection). */
void bourse__known_watch(bourse__topic *topic);
void bourse__known_free(bourse__known *known);
/* A whole list of open orders came: those known as open and not in it are asked for one by one. */
void bourse__reconcile_open_orders(bourse__topic *topic, const bourse_order *orders, uint32_t count);

/* --- Records --- */

/* Deep copy of one record into an arena; 0: memory is out. */
int32_t bourse__record_copy(bourse_arena *arena, const bourse_struct_info *info, void *out, const void *record);
/* Members that `record` leaves open are taken from `before`. */
void bourse__record_merge(const bourse_struct_info *info, void *record, const void *before);

/* --- Replay --- */

/* A topic came into being: it gets the replay's sub. */
void bourse__replay_adopt(bourse_replay *replay, bourse__topic *topic);
void bourse__replay_count(bourse_replay *replay, int32_t kind, uint32_t count);
/* What a topic is given besides what the message names, as a subscription would; `levels`: of a snapshot, 0 unknown. */
void bourse__replay_fill(bourse__link *link, bourse_topic *topic, uint32_t levels);
/* A book's first state tells depth and decimals that no subscription and no table told. */
void bourse__replay_measure(bourse__topic *topic, const bourse_book_update *update);
void bourse__replay_forget(bourse_replay *replay, const bourse__link *link);

/* --- Requests over sockets --- */

int32_t bourse__socket_send(bourse__running *running);
void bourse__socket_cancel(bourse__running *running);
/* The budget of the link's messages. */
bourse__pace *bourse__link_sends(bourse__link *link);

/* The link is ready: sends what waited for it. */
void bourse__socket_flush(bourse__link *link);
/* Answers all requests in flight on a link with a network failure. */
void bourse__socket_fail(bourse__link *link, int32_t code, const char *text);

#endif
