/* world.h - everything outside the library, made up: clock, randomness, network, memory, log. */
#ifndef SUPPORT_WORLD_H
#define SUPPORT_WORLD_H

#include <bourse.h>
#include <bourse/sys/adapter.h>

#include "support/json.h"

struct world;

/* A request that the library handed over. Strings live in the world's pool. */
typedef struct world_request {
  struct world_request *next;
  const char *method;
  const char *url;
  const char *scheme, *host, *path; /* of url */
  const char *query;                /* raw, without '?'; "" when none */
  const char *body;                 /* NULL: none */
  size_t body_length;
  bourse_http_header *headers; /* as sent */
  uint32_t header_count;
  int state; /* WORLD_* */
  int tag;   /* the suite's own */
  bourse_exchange_token *token;
} world_request;

enum { WORLD_WAITING, WORLD_ANSWERED, WORLD_CANCELED };

typedef struct world_reply {
  int32_t error; /* BOURSE_ERROR_* of the network band, or 0 */
  int32_t sent;  /* BOURSE_NO: nothing left this machine */
  int32_t status;
  const bourse_http_header *headers;
  uint32_t header_count;
  const char *body;
  size_t length;
} world_reply;

/* A WebSocket connection that the library asked for. */
typedef struct world_socket {
  const char *url;
  bourse_socket_token *token;
  int state; /* WORLD_* */
} world_socket;

enum { WORLD_CONNECTING, WORLD_OPEN, WORLD_CLOSED };

/* What the library did with its sockets, in order. */
enum { WORLD_CONNECTS, WORLD_SENDS, WORLD_DISCONNECTS };

typedef struct world_action {
  int kind;
  world_socket *socket;
  const char *text; /* the message sent, or the URL */
  size_t length;
} world_action;

#define WORLD_ACTIONS 256

typedef struct world {
  pool memory;
  int64_t now_ns;
  int64_t monotonic_ns;
  uint64_t random_state;
  world_request *requests, **requests_end;
  uint32_t request_count;
  /* Fills the reply and returns 1, or returns 0 to leave the request unanswered. NULL: none is answered. */
  int (*answer)(struct world *w, world_request *request, world_reply *reply);
  void *answer_data;
  world_action actions[WORLD_ACTIONS];
  uint32_t action_count;
  /* Plays the exchange's side of sockets; called whenever the library runs. NULL: they never open. */
  void (*play)(struct world *w);
  void *play_data;
  buffer log;       /* all log lines */
  buffer wire;      /* all wire records as text */
  long allocations; /* of the library, not yet freed */
  long fail_at;     /* > 0: that allocation from now fails; 0: none */
} world;

void world_init(world *w, int64_t now_ms);
/* A context in this world, logging at debug level; NULL (with a line on stderr) when that fails. */
bourse_context *world_context(world *w);
/* Frees everything; returns how many allocations the library still held. */
long world_free(world *w);

world_request *world_request_at(const world *w, uint32_t index);
/* Forgets the requests so far. */
void world_forget(world *w);
/* Completes a waiting request. */
void world_reply_to(world *w, world_request *request, const world_reply *reply);

/* The peer's side of a socket: takes the connection, says something, ends it. */
void world_socket_open(world *w, world_socket *socket);
void world_socket_say(world *w, world_socket *socket, const char *bytes, size_t length);
void world_socket_end(world *w, world_socket *socket, const bourse_socket_end *how);

const char *world_header(const world_request *request, const char *name);

/* Runs the context until the ticket's event is there, answering meanwhile; 0 when it never comes. */
int world_wait(world *w, bourse_context *context, bourse_event *event);

#endif
