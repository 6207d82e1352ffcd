/* bourse/sys/transport.h - how HTTP requests leave and replies come back, replaceable by the host.
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
} bourse_transport;

/* Value of a header of the reply by lower-case name, or NULL. */
BOURSE_API const char *bourse_http_reply_header(const bourse_http_reply *reply, const char *name);

#ifdef __cplusplus
}
#endif
#endif
