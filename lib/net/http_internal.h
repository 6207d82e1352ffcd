/* net/http_internal.h - what the parts of the default transport share: http.c (requests), http_reply.c (what comes
 * back), http_sockets.c (libcurl's sockets and timer in the loop). */
#ifndef NET_HTTP_INTERNAL_H
#define NET_HTTP_INTERNAL_H

#include <curl/curl.h>

#include "core/log.h"
#include "net/http.h"

typedef struct bourse__http_transfer bourse__http_transfer;
typedef struct bourse__http_socket bourse__http_socket;

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
  bourse__http *http;
  CURL *easy;
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
  int32_t failure; /* decided here rather than by libcurl; BOURSE_OK: none */
  uint32_t header_count;
  const char *failure_text;
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
  char curl_error[CURL_ERROR_SIZE];
};

/* One descriptor libcurl has us watch. */
struct bourse__http_socket {
  bourse__watch watch; /* user_data: this */
  bourse__http *http;
  bourse__http_socket *next;
  int fd;
  int32_t opened_here; /* so we learn of its closing, and may go on watching it in between */
  uint32_t wanted;     /* BOURSE__READABLE ..., 0: idle */
};

struct bourse__http {
  bourse_allocator allocator;
  bourse__loop *loop;
  const bourse__log *log;
  CURLM *multi;
  char *proxy;
  char *ca_file;
  char *user_agent;
  int64_t connect_timeout_ms;
  bourse__http_transfer *active;
  bourse__http_transfer *idle;
  uint32_t active_count;
  uint32_t idle_count;
  bourse__http_socket *sockets;
  bourse__timer curl_timer;  /* when libcurl wants to be called */
  bourse__timer sweep_timer; /* when something was finished outside of a run */
  int64_t curl_timeout_ms;   /* last said by libcurl; -1: none */
  int32_t curl_timeout_said; /* and not yet set in the loop */
  int32_t failures;          /* some transfer under way has `failure` set */
};

/* http.c */

/* Completes what is finished. Inside a run only. */
void bourse__http_sweep(bourse__http *http);

/* http_reply.c */

/* Makes room for `more` bytes, but never for more than max in all. 0: memory is out. */
int32_t bourse__http_reserve(bourse__http *http, bourse__http_buffer *buffer, size_t more, size_t max);
size_t bourse__http_on_header(char *data, size_t size, size_t count, void *transfer);
size_t bourse__http_on_body(char *data, size_t size, size_t count, void *transfer);

/* BOURSE_ERROR_* for how libcurl ended a transfer that decided nothing itself, and a sentence for it. */
int32_t bourse__http_error(const bourse__http_transfer *transfer, CURLcode code, const char **out_text);

/* http_sockets.c */

int32_t bourse__http_sockets_attach(bourse__http *http); /* BOURSE_OK or BOURSE_ERROR_MEMORY */
void bourse__http_sockets_free(bourse__http *http);      /* after the multi handle is gone */
CURLcode bourse__http_sockets_options(bourse__http_transfer *transfer);

/* Sets the loop's timer to what libcurl last said. After every call of libcurl's multi functions. */
void bourse__http_apply_timeout(bourse__http *http);

/* Lets libcurl do what it can without waiting; returns how many transfers are not finished after that. */
int bourse__http_kick(bourse__http *http);

#endif
