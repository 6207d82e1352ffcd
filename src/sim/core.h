/* sim/core.h - the inside of a simulated exchange, shared by its own files. Dialects include sim.h only.
 *
 * Memory that is out ends the process with a message: an exchange that goes on knowing half of what it knew would lie to
 * those who trust it, and nobody's money is at stake here. */
#ifndef SIM_CORE_H
#define SIM_CORE_H

#include <stdarg.h>
#include <stdint.h>

#include "desk.h"

struct sim_fault_row;

#define SIM_SECOND_NS      INT64_C(1000000000)
#define SIM_MILLISECOND_NS INT64_C(1000000)
#define SIM_FIRST_ID       UINT64_C(4000000000) /* of orders and trades; what happened before has ids below */

void *sim_alloc(size_t size); /* zeroed */
void *sim_grow(void *memory, size_t size);
char *sim_copy(const char *text, size_t length);

typedef struct sim_buffer {
  char *bytes;
  size_t length;
  size_t capacity;
} sim_buffer;

void sim_buffer_add(sim_buffer *buffer, const void *bytes, size_t length);
void sim_buffer_text(sim_buffer *buffer, const char *text);
void sim_buffer_format(sim_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sim_buffer_take(sim_buffer *buffer, size_t length); /* from its front */
void sim_buffer_free(sim_buffer *buffer);

/* --- http.c --- */

#define SIM_HEADERS_MAX 100
#define SIM_PARAMS_MAX  200

typedef struct sim_pair {
  const char *name;
  const char *value;
  int32_t of_body;
} sim_pair;

/* A request with what was read of it; dialects see its first member. */
typedef struct sim_http {
  sim_request request;
  sim_pair headers[SIM_HEADERS_MAX];
  sim_pair params[SIM_PARAMS_MAX];
  uint32_t header_count;
  uint32_t param_count;
  int32_t closes; /* the connection ends with the reply */
  int32_t is_head;
  char *memory;  /* all texts */
  char *decoded; /* of params */
} sim_http;

struct sim_reply {
  int32_t status;
  sim_buffer headers;
  cJSON *json;
  sim_buffer text;
  const char *content_type;
};

enum { SIM_HTTP = 0, SIM_SOCKET = 1 };
enum { SIM_STAYS = 0, SIM_ENDS = 1, SIM_BREAKS = 2 };

typedef struct sim_socket sim_socket;

struct sim_connection {
  sim *s;
  sim_connection *previous, *next;
  char *address;
  void *user_data;
  sim_buffer in;
  sim_buffer out;
  sim_buffer held;                  /* output that waits for its time (planned delays) */
  int64_t release_ns;               /* when; 0: nothing is held */
  size_t scanned;                   /* of `in`: no end of the headers before this */
  struct sim_fault_row *struck[16]; /* what goes wrong with the request at hand */
  uint32_t struck_count;
  int32_t decided;
  int32_t excused;   /* the request at hand was delayed already */
  int32_t continued; /* 100 Continue was sent for the request that is coming in */
  int32_t mode;
  int32_t ending;
  int32_t busy; /* in a handler: freed afterwards */
  int32_t gone;
  /* As a WebSocket */
  sim_socket *socket;
  char *path;
  char *query;
  void *state;
  int64_t opened_ns;
};

/* Takes what can be taken of the input. */
void sim_http_run(sim_connection *connection);
/* Reads query and form of `http`, whose texts stand. */
void sim_http_params(sim_http *http);
void sim_reply_clear(sim_reply *reply);
/* Output of a connection, delayed where something is held. */
void sim_emit(sim_connection *connection, const void *bytes, size_t length);
void sim_hold(sim_connection *connection, int64_t until_ns);

/* --- socket.c --- */
/* Answers the upgrade; what came behind it is read as frames. */
void sim_socket_open(sim_connection *connection, const char *key);
void sim_socket_run(sim_connection *connection);
void sim_socket_free(sim_connection *connection);

/* --- accounts.c --- */
/* Engine accounts, keys and funds. A sentence in `text` on error. */
int32_t sim_accounts_open(sim *s, const sim_options *options, char *text, size_t size);

/* --- limits.c --- */
typedef struct sim_limit {
  char *name; /* "name who" */
  int64_t start_ns;
  int64_t used;
  struct sim_taken *taken; /* rolling: what counts still, the oldest first */
  uint32_t taken_count, taken_capacity;
} sim_limit;

typedef struct sim_ban_row {
  char *who;
  int64_t until_ns;
} sim_ban_row;

typedef struct sim_limits {
  sim_limit *rows;
  uint32_t count, capacity;
  sim_ban_row *bans;
  uint32_t ban_count;
  uint64_t worst;
} sim_limits;

void sim_limits_free(sim_limits *limits);

/* --- faults.c --- */
typedef struct sim_fault_row {
  char *name;
  char *method;           /* NULL: any */
  char *path;             /* begins so; NULL: any */
  char *where;            /* dialects' own word; NULL: any */
  char *body;             /* of an answer, or NULL */
  char *type;             /* its content type */
  int64_t from_ns, to_ns; /* since the start */
  int64_t nth;            /* only this one of those that match, from 1; 0: each */
  int64_t every;          /* each n-th; 0: each */
  int64_t times;          /* at most; 0: any number */
  int64_t chance;         /* in millionths; 0: always */
  int64_t delay_ns;
  int64_t at; /* a byte */
  int64_t skew_ns;
  int32_t status;
  int32_t retry_after;
  int64_t seen, done;
} sim_fault_row;

typedef struct sim_faults {
  sim_fault_row *rows;
  uint32_t count;
  uint64_t random;
} sim_faults;

int32_t sim_faults_open(sim *s, const char *json, char *text, size_t size);
void sim_faults_free(sim_faults *faults);
/* Rows of what goes wrong with a request: all are decided when it arrives, so that each one counts every request. */
uint32_t sim_faults_decide(sim *s, const char *method, const char *path, sim_fault_row **out, uint32_t room);
/* The row of that name that strikes now, or NULL. method, path, where: NULL when there are none. */
sim_fault_row *sim_fault_row_at(sim *s, const char *name, const char *method, const char *path, const char *where);

/* --- market.c --- */
#define SIM_TRADES 1000

typedef struct sim_tape {
  paper_trade items[SIM_TRADES];
  uint32_t first, count;
  int32_t has_past; /* trades from before the simulation began are on it: made when they are first asked for */
} sim_tape;

void sim_tapes_open(sim *s);
void sim_keep_trade(sim *s, const paper_trade *trade);

/* --- core.c --- */
struct sim {
  const sim_dialect *dialect;
  void *state;
  paper_engine *engine;
  paper_feed *feed;
  uint32_t outside;
  bourse_market markets[PAPER_MARKETS];
  sim_tape *tapes; /* by market */
  sim_account *accounts;
  uint32_t account_count;
  sim_connection *first, *last;
  int64_t start_ns, now_ns, feed_ns; /* feed_ns: the outside market's next step */
  uint64_t random, number;
  int32_t still, no_limits, is_tls;
  int32_t settling;
  void (*observed)(void *user_data, const paper_event *event);
  void (*settled)(void *user_data);
  void *observer;
  sim_limits limits;
  sim_faults faults;
};

void sim_sweep(sim_connection *connection); /* frees one that is gone and no longer busy */

#endif
