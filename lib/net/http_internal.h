/* net/http_internal.h - what the parts of the default transport share: http.c (requests), http_reply.c (what comes
 * back), http_sockets.c (libcurl's sockets and timers in the loop), http_websocket.c (WebSocket connections). */
#ifndef NET_HTTP_INTERNAL_H
#define NET_HTTP_INTERNAL_H

#include <curl/curl.h>

#include "core/log.h"
#include "net/http.h"

typedef struct bourse__http_transfer bourse__http_transfer;
typedef struct bourse__http_socket bourse__http_socket;
typedef struct bourse__http_websocket bourse__http_websocket;

/* One of libcurl's multi handles in the loop. There are two: connections that were upgraded to WebSocket count neither
 * against the most there may be to one host, nor are they closed for their age, as those of requests are. */
typedef struct bourse__http_multi {
  bourse__http *http;
  CURLM *handle;
  bourse__http_socket *sockets;
  bourse__timer timer;               /* when libcurl wants to be called */
  int64_t timeout_ms;                /* last said by libcurl; -1: none */
  int32_t timeout_said;              /* and not yet set in the loop */
  int32_t failures;                  /* some job under way has `failure` set */
  void (*sweep)(bourse__http *http); /* takes in what libcurl finished */
} bourse__http_multi;

/* What libcurl is to do: the beginning of everything that has an easy handle, which knows it as its private pointer. */
typedef struct bourse__http_job {
  bourse__http_multi *multi;
  CURL *easy;
  int32_t failure; /* decided here rather than by libcurl; BOURSE_OK: none */
  const char *failure_text;
  char curl_error[CURL_ERROR_SIZE];
} bourse__http_job;

typedef struct bourse__http_buffer {
  char *data;
  size_t length;
  size_t capacity;
} bourse__http_buffer;

/* Offsets into the header text: it moves while it grows. */
typedef struct bourse__http_header_place {
  uint32_t name;
  uint32_t value;
} bourse__http_header_place;

/* One request and its reply. Kept with its easy handle and its buffers for the next request. */
struct bourse__http_transfer {
  bourse__http_job job;
  bourse__http *http;
  bourse__http_transfer *next; /* of those under way, or of those idle */
  bourse__http_transfer *previous;
  bourse_exchange_token *token;
  bourse__timer deadline;
  int64_t timeout_ms;
  int64_t accepted_ns; /* monotonic */
  int64_t sent_ns;     /* monotonic, 0: no byte was handed to the wire */
  size_t reply_size_max;
  int32_t repeatable; /* GET or HEAD: libcurl may send it again on another connection */
  int32_t is_head;
  uint32_t header_count;
  bourse__http_buffer request;     /* header lines */
  struct curl_slist *header_lines; /* array of nodes, linked in order */
  size_t header_lines_capacity;
  struct curl_slist *lines_set; /* what is set in the easy handle: header lines, ... */
  int32_t shares_set;           /* ... that it waits for a connection to share, ... */
  int32_t plain_get_set;        /* ... that it is a GET without a body */
  bourse__http_buffer header_text;
  bourse__http_buffer body;
  bourse__http_header_place places[BOURSE__HTTP_HEADERS_MAX];
  bourse_http_header headers[BOURSE__HTTP_HEADERS_MAX];
};

/* One descriptor libcurl has us watch. */
struct bourse__http_socket {
  bourse__watch watch; /* user_data: this */
  bourse__http_multi *multi;
  bourse__http_socket *next;
  int fd;
  int32_t opened_here; /* so we learn of its closing, and may go on watching it in between */
  uint32_t wanted;     /* BOURSE__READABLE ..., 0: idle */
};

struct bourse__http {
  bourse_allocator allocator;
  bourse__loop *loop;
  const bourse__log *log;
  bourse_random random;
  bourse__http_multi multi;    /* requests */
  bourse__http_multi upgrades; /* WebSocket connections; made with the first of them */
  int32_t curl_started;
  char *proxy;
  char *ca_file;
  char *user_agent;
  int64_t connect_timeout_ms;
  bourse__http_transfer *active;
  bourse__http_transfer *idle;
  uint32_t active_count;
  uint32_t idle_count;
  bourse__http_websocket *websockets;
  bourse__timer sweep_timer; /* when something was finished outside of a run */
};

/* http.c */

/* Options of every easy handle: who it is for, and how connections are made. */
CURLcode bourse__http_set_common(bourse__http *http, bourse__http_job *job);

/* A header's name (and any method); a header's value. */
int32_t bourse__http_is_token(const char *text);
int32_t bourse__http_is_value(const char *text);

/* http_reply.c */

/* Makes room for `more` bytes, but never for more than max in all. 0: memory is out. */
int32_t bourse__http_reserve(bourse__http *http, bourse__http_buffer *buffer, size_t more, size_t max);
size_t bourse__http_on_header(char *data, size_t size, size_t count, void *transfer);
size_t bourse__http_on_body(char *data, size_t size, size_t count, void *transfer);

/* BOURSE_ERROR_* for how libcurl ended a job that decided nothing itself, and a sentence for it. `sent`: bytes of the
 * request may have left. */
int32_t bourse__http_error(const bourse__http_job *job, int32_t sent, CURLcode code, const char **out_text);

/* http_sockets.c */

/* Makes the handle, and puts its sockets and timer in the loop. BOURSE_OK or BOURSE_ERROR_MEMORY. */
int32_t bourse__http_multi_open(bourse__http_multi *multi, bourse__http *http, void (*sweep)(bourse__http *http));
void bourse__http_multi_close(bourse__http_multi *multi); /* after all easy handles left it */
CURLcode bourse__http_sockets_options(bourse__http_job *job);

/* Sets the loop's timer to what libcurl last said. After every call of libcurl's multi functions. */
void bourse__http_apply_timeout(bourse__http_multi *multi);

/* Lets libcurl do what it can without waiting; returns how many transfers are not finished after that. */
int bourse__http_kick(bourse__http_multi *multi);

/* A descriptor that libcurl has done its part with is no longer watched for it. */
void bourse__http_forget(bourse__http_multi *multi, int fd);

/* http_websocket.c */

int32_t bourse__http_connect(void *user_data, const bourse_socket_request *request, bourse_socket_token *token,
                             void **out_socket);
int32_t bourse__http_send_message(void *user_data, void *socket, int32_t kind, const char *bytes, size_t length);
void bourse__http_pause(void *user_data, void *socket, int32_t paused);
void bourse__http_disconnect(void *user_data, void *socket);
void bourse__http_sweep_websockets(bourse__http *http);
void bourse__http_websockets_free(bourse__http *http); /* nothing is reported; goodbye is said to the peers */

#endif
