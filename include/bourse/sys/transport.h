/* bourse/sys/transport.h - how HTTP requests and WebSocket messages leave and come back, replaceable by the host.
 * Second tier: may change until 1.0. */
#ifndef BOURSE_SYS_TRANSPORT_H
#define BOURSE_SYS_TRANSPORT_H

#include <bourse/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bourse_http_header {
  const char *name;
  const char *value;
} bourse_http_header;

/* A request as it goes out. Everything is borrowed: valid until the exchange of messages is completed or canceled. */
typedef struct bourse_http_request {
  uint32_t struct_size;
  uint32_t header_count;
  const char *method; /* "GET" */
  const char *url;    /* whole, encoded */
  const bourse_http_header *headers;
  const char *body; /* NULL: none */
  size_t body_length;
  int64_t timeout_ms;      /* for the whole exchange, > 0 */
  size_t reply_size_max;   /* a longer body is BOURSE_ERROR_BAD_REPLY */
} bourse_http_request;

/* What came back. With error != 0 there is no whole reply; http_status and headers are what was read until then. */
typedef struct bourse_http_reply {
  uint32_t struct_size;
  int32_t error;         /* BOURSE_OK or BOURSE_ERROR_* of the network band, or BAD_REPLY when too large */
  int32_t http_status;
  int32_t sent;          /* BOURSE_NO: certainly no byte of the request left; BOURSE_YES: some may have */
  const bourse_http_header *headers; /* names in lower case */
  uint32_t header_count;
  uint32_t reserved;
  const char *body; /* decoded (decompressed); not NUL-terminated */
  size_t body_length;
  const char *error_text; /* for error != 0 */
  int64_t sent_ns;        /* monotonic: when the request was handed to the wire */
  int64_t received_ns;    /* UTC: when the reply was whole */
  int64_t received_monotonic_ns;
} bourse_http_reply;

/* Given to `complete` by the transport exactly once per accepted request, from the context's own thread: inside `send`,
 * inside `run`, or between calls. The reply is borrowed for the time of the call. */
typedef struct bourse_exchange_token bourse_exchange_token;
BOURSE_API void bourse_transport_complete(bourse_exchange_token *token, const bourse_http_reply *reply);

/* --- WebSocket connections --- */

typedef struct bourse_socket_token bourse_socket_token;

enum { BOURSE_MESSAGE_TEXT = 1, BOURSE_MESSAGE_BINARY = 2, BOURSE_MESSAGE_PING = 9, BOURSE_MESSAGE_PONG = 10 };

/* A connection as it is asked for. Everything is borrowed for the time of the call. */
typedef struct bourse_socket_request {
  uint32_t struct_size;
  uint32_t header_count;
  const char *url; /* "wss://host/path?query", or "ws://" */
  const bourse_http_header *headers;
  int64_t timeout_ms;      /* until the upgrade is answered, > 0 */
  size_t message_size_max; /* a longer message ends the connection with BOURSE_ERROR_BAD_REPLY */
  int32_t compress;        /* yes: permessage-deflate is offered */
  int32_t reserved;
} bourse_socket_request;

/* How a connection ended. */
typedef struct bourse_socket_end {
  uint32_t struct_size;
  int32_t error;       /* BOURSE_OK: the peer said goodbye (close_code); else BOURSE_ERROR_* */
  int32_t http_status; /* of the answer to the upgrade, when it was refused; 0: none */
  int32_t close_code;  /* of the peer's close frame; 0: none came */
  int64_t retry_after_ms; /* as the refusal said; 0: not said */
  const char *text;    /* the close frame's reason, the refusal's body (cut), or what went wrong; never NULL */
} bourse_socket_end;

/* Given by the transport, on the context's own thread, inside `run`, `connect` or between calls. `opened` comes once at
 * most; `message` (a whole one; text is valid UTF-8; bytes are borrowed for the time of the call) after it; `closed` once,
 * last. After `disconnect` none of them comes. Inside any of them, send_message and disconnect may be called. */
BOURSE_API void bourse_socket_opened(bourse_socket_token *token);
BOURSE_API void bourse_socket_message(bourse_socket_token *token, int32_t kind, const char *bytes, size_t length,
                                      int64_t received_ns, int64_t received_monotonic_ns);
BOURSE_API void bourse_socket_closed(bourse_socket_token *token, const bourse_socket_end *end);

/* A host's transport. */
typedef struct bourse_transport {
  uint32_t struct_size;
  uint32_t api_version;
  void *user_data;
  /* Takes a request. BOURSE_OK: bourse_transport_complete will be called for `token`. Else it never will be. */
  int32_t (*send)(void *user_data, const bourse_http_request *request, bourse_exchange_token *token);
  /* Gives up on `token`: bourse_transport_complete must not be called for it any more. */
  void (*cancel)(void *user_data, bourse_exchange_token *token);
  /* Optional (NULL): called by bourse_run so that the transport may do its work. */
  void (*run)(void *user_data);
  /* WebSocket connections; all NULL: the transport has none, and streams are BOURSE_ERROR_UNSUPPORTED. connect gives a
   * *socket for the three below. BOURSE_OK: bourse_socket_closed will be called unless `disconnect` is. */
  int32_t (*connect)(void *user_data, const bourse_socket_request *request, bourse_socket_token *token, void **out_socket);
  /* Queues one message (BOURSE_MESSAGE_*; a PONG that answers a ping is sent by the transport itself). Errors:
   * BOURSE_ERROR_QUEUE_FULL, BOURSE_ERROR_STATE (not open), BOURSE_ERROR_MEMORY. */
  int32_t (*send_message)(void *user_data, void *socket, int32_t kind, const char *bytes, size_t length);
  /* Stops (1) or goes on (0) reading. */
  void (*pause)(void *user_data, void *socket, int32_t paused);
  /* Says goodbye with a close frame as far as that goes without waiting, and lets go of the socket. */
  void (*disconnect)(void *user_data, void *socket);
} bourse_transport;

/* Value of a header of the reply by lower-case name, or NULL. */
BOURSE_API const char *bourse_http_reply_header(const bourse_http_reply *reply, const char *name);

#ifdef __cplusplus
}
#endif
#endif
