/* sockets.h - recorded WebSocket messages and sessions, and books kept by other code than the library's. */
#ifndef RECORDINGS_SOCKETS_H
#define RECORDINGS_SOCKETS_H

#include "recordings/recordings.h"
#include "support/files.h"
#include "support/json.h"
#include "support/world.h"

/* Every current message and session of a manifest's list of files that has "kind": "ws". */
void check_sockets(const json *files, const char *folder, const char *only, int verbose, tally *t);

/* The sessions among them, broken in every way at every place (broken.c). */
void check_broken(const json *files, const char *folder, const char *only, tally *t);

#define VENUES_MAX 16

/* One exchange of the manifest: "binance-usdm" is the linear products of "binance". */
typedef struct venue {
  const char *id;
  char name[32];
  world w;
  bourse_context *context;
  bourse_exchange *handle; /* NULL: not compiled in, or without streams */
} venue;

/* The one of this id, made when it is not there; `venues` begin as zeros. */
venue *venue_of(venue *venues, const char *id);
void venues_close(venue *venues, tally *t);
/* Nanoseconds of a session's "t"; the market of a request's URL, NULL: the recording does not say it. */
int64_t session_time(const char *seconds);
const char *session_market(pool *p, const char *url);

/* --- socket_map.c --- */

/* Which fields go where, by the manifest's name of the exchange; NULL: not written down. Paths are "ws/" and the event's type. */
const map_exchange *socket_map_of(const char *exchange);
/* The event in a message, and its type ("": none). */
const json *socket_event(const json *message);
const char *socket_event_type(const json *event);

/* --- socket_model.c --- */

enum { MODEL_BIDS, MODEL_ASKS };

/* A level: the price as a text that sorts like the number, and the amount without needless zeros. */
typedef struct model_level {
  const char *price;
  const char *amount;
} model_level;

typedef struct model_book {
  struct model_book *next;
  const char *id;
  model_level *levels[2]; /* bids from the lowest up, asks from the lowest up */
  uint32_t count[2];
  uint32_t capacity[2];
  int live;       /* there is a state, and what came since followed from it */
  int began;      /* there was one at some time */
  int fetched;    /* that state was fetched, and no message has joined it yet: may be shown, or held back */
  int doubtful;   /* ... and the message that joined it is not proven by another yet: the same */
  int unprovable; /* its messages have nothing that says they follow one another */
  int touched;    /* by the message in hand */
  int64_t sequence;
  const json **held; /* messages before the first state */
  uint32_t held_count;
  uint32_t held_capacity;
} model_book;

typedef struct socket_model {
  pool *p;
  const char *exchange; /* as the manifest calls it */
  model_book *books;
  uint32_t depth; /* levels kept a side; 0: all */
  int gaps;
  int64_t next; /* number of the next message, where the connection numbers them */
} socket_model;

/* A message, if it is of a book; a fetched book, whose id is given when the recording tells it. Values must live as long as
 * the model. */
void model_message(socket_model *m, const json *message);
void model_snapshot(socket_model *m, const char *id, const json *reply);
void model_sent(socket_model *m, const json *message);
/* What is written in a price or amount, in the form of the model. */
const char *model_number(pool *p, const char *text);
void model_free(socket_model *m);

#endif
