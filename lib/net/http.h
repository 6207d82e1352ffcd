/* net/http.h - the default transport: libcurl's multi interface driven by a loop.
 *
 * What it promises beyond bourse/sys/transport.h:
 *   - bourse_transport_complete is called inside bourse__loop_run only, never inside send;
 *   - inside bourse_transport_complete, send and cancel may be called, bourse__http_free may not;
 *   - a request is put on the wire once. libcurl repeats a request by itself when a kept-alive connection dies
 *     before any answer; that is let happen for GET and HEAD only. Any other method then completes as
 *     BOURSE_ERROR_DISCONNECTED with sent = BOURSE_YES;
 *   - redirects are not followed, certificates are always verified, HTTP/2 is used where the server offers it over
 *     TLS;
 *   - header names come in lower case; at most BOURSE__HTTP_HEADERS_MAX headers and BOURSE__HTTP_HEADER_BYTES_MAX
 *     bytes of them, else BOURSE_ERROR_BAD_REPLY.
 *
 * libcurl's own memory comes from malloc, not from the allocator given here: replacing it would change global state
 * of the process. Debian's libcurl resolves host names in a thread of its own for the time of the look-up. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <bourse/sys/arena.h>
#include <bourse/sys/transport.h>

#include "net/loop.h"

#define BOURSE__HTTP_HEADERS_MAX      100u
#define BOURSE__HTTP_HEADER_BYTES_MAX 65536u

typedef struct bourse__http bourse__http;

typedef struct bourse__http_options {
  const char *proxy;      /* URL as curl takes it; NULL: what the environment says (https_proxy ...); "": none */
  const char *ca_file;    /* PEM bundle instead of the system's; NULL: the system's */
  const char *user_agent; /* NULL: "libbourse/<version>" */
  uint32_t max_connections_per_host; /* 0: 8 */
  uint32_t reserved;
  int64_t connect_timeout_ms; /* 0: 10 000 */
  struct bourse__log *log;    /* NULL: none */
  bourse_random random;       /* for the keys and masks of WebSocket; fill is NULL: the system's */
} bourse__http_options;

/* The strings of `options` are copied; options may be NULL. Errors: BOURSE_ERROR_ARGUMENT (a negative time, a ca_file
 * that cannot be read), BOURSE_ERROR_MEMORY, BOURSE_ERROR_INTERNAL (libcurl does not start). libcurl's start is
 * thread-safe in Debian's builds; with a build whose curl_version_info lacks CURL_VERSION_THREADSAFE, a host of several
 * threads calls curl_global_init itself before it starts them. */
int32_t bourse__http_new(bourse__http **out, bourse__loop *loop, const bourse_allocator *allocator,
                         const bourse__http_options *options);

/* Gives up whatever is under way without completing it, and closes all connections. Before bourse__loop_free. */
void bourse__http_free(bourse__http *http);

/* send's own errors, for which complete is never called: BOURSE_ERROR_ARGUMENT (method, url, headers, timeout_ms or
 * reply_size_max missing or malformed, a URL that is neither http nor https), BOURSE_ERROR_MEMORY. */
void bourse__http_transport(bourse__http *http, bourse_transport *out);

/* BOURSE_ERROR_* for a status that is no success, when nothing more is known of the reply. */
int32_t bourse__http_status_error(int32_t status);

/* Requests accepted and neither completed nor canceled. */
uint32_t bourse__http_pending(const bourse__http *http);

#endif
