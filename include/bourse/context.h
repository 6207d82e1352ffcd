/* bourse/context.h - a context: loop, allocator, log, timers, queue, and what its exchange handles share.
 *
 * A context and everything opened from it belongs to one thread at a time; contexts are independent of each other.
 * Drive it with bourse_run, or put bourse_fd into a loop of your own:
 *
 *     poll(bourse_fd(context), POLLIN, bourse_timeout_ms(context));
 *     bourse_run(context, 0);
 *     while (bourse_next(context, &event) > 0) ...
 */
#ifndef BOURSE_CONTEXT_H
#define BOURSE_CONTEXT_H

#include <bourse/base.h>
#include <bourse/error.h>
#include <bourse/result.h>
#include <bourse/store.h>
#include <bourse/sys/arena.h>
#include <bourse/sys/clock.h>
#include <bourse/sys/transport.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bourse_context bourse_context;
typedef struct bourse_exchange bourse_exchange;

enum { BOURSE_LOG_ERROR = 1, BOURSE_LOG_WARN = 2, BOURSE_LOG_INFO = 3, BOURSE_LOG_DEBUG = 4 };

/* Hooks for market tables: what one process learned, the next need not ask for. `key` names exchange, environment and
 * product. load gives bytes that stay valid until the next call of a hook, and returns 0, or non-zero for "I have
 * none". */
typedef struct bourse_market_store {
  void *user_data;
  int32_t (*load)(void *user_data, const char *key, const char **bytes, size_t *length);
  void (*save)(void *user_data, const char *key, const char *bytes, size_t length);
} bourse_market_store;

/* The host's own account of rate budgets shared with other processes, asked besides the context's own. Both are called on
 * the context's thread. acquire returns 0 for "go", else nanoseconds to wait; refund (may be NULL) gives back what was not
 * used. `bucket` names the budget; those of an account have a number after '#'. */
typedef struct bourse_limiter_hook {
  void *user_data;
  int64_t (*acquire)(void *user_data, const char *bucket, uint32_t cost, int64_t now_ns);
  void (*refund)(void *user_data, const char *bucket, uint32_t cost, int64_t now_ns);
} bourse_limiter_hook;

/* Called after every HTTP exchange, redacted of all secrets: for recording and for debugging. */
typedef struct bourse_wire_record {
  uint32_t struct_size;
  int32_t http_status;  /* 0: no reply */
  const char *exchange;
  const char *method;
  const char *url;      /* redacted */
  const char *headers;  /* request headers, a line each, redacted; "" when none */
  const char *body;     /* redacted, NUL-terminated; "" when none */
  const char *reply;    /* redacted */
  size_t reply_length;
  int64_t sent_ns;
  int64_t received_ns;
} bourse_wire_record;

enum { BOURSE_TRAFFIC_OPENED = 1, BOURSE_TRAFFIC_SENT = 2, BOURSE_TRAFFIC_RECEIVED = 3, BOURSE_TRAFFIC_CLOSED = 4 };

/* Called for what happens on WebSocket connections, redacted of all secrets: for recording and for debugging. */
typedef struct bourse_socket_record {
  uint32_t struct_size;
  int32_t kind;         /* BOURSE_TRAFFIC_OPENED ... */
  const char *exchange;
  const char *url;      /* redacted */
  const char *bytes;    /* the message, redacted; the reason, of _CLOSED; NUL-terminated */
  size_t length;
  int64_t time_ns;
  int32_t connection;   /* number of the connection in this context */
  int32_t reserved;
} bourse_socket_record;

typedef struct bourse_context_options {
  uint32_t struct_size;
  uint32_t api_version;
  bourse_allocator allocator;     /* all zero: malloc */
  bourse_clock clock;             /* all zero: the system's */
  bourse_random random;           /* all zero: the system's */
  const bourse_transport *transport; /* NULL: libcurl; copied */
  void (*log)(void *user_data, int32_t level, const char *message); /* never sees a secret */
  void *log_user_data;
  int32_t log_level;              /* 0: BOURSE_LOG_WARN */
  uint32_t queue_limit;           /* most finished results waiting in the queue; 0: 10000 */
  bourse_market_store market_store;
  void (*on_wire)(void *user_data, const bourse_wire_record *record);
  void *on_wire_user_data;
  const char *proxy;              /* as libcurl's CURLOPT_PROXY; NULL: libcurl's default (environment) */
  const char *ca_file;            /* PEM file of certificate authorities; NULL: the system's */
  const char *user_agent;         /* NULL: "libbourse/VERSION" */
  bourse_limiter_hook limiter_hook; /* all zero: budgets are this context's alone */
  void (*on_socket)(void *user_data, const bourse_socket_record *record);
  void *on_socket_user_data;
  const bourse_store *store;      /* where orders are written down before they are sent; copied. NULL: in memory */
} bourse_context_options;

#define BOURSE_CONTEXT_OPTIONS_INIT BOURSE_STAMPED(bourse_context_options)

/* Zeroes the first `size` bytes of the struct and stamps it. Errors: BOURSE_ERROR_ARGUMENT. Any thread. */
BOURSE_API int32_t bourse_context_options_init(bourse_context_options *options, uint32_t size);

/* Makes a context. `options` may be NULL. Errors: BOURSE_ERROR_STRUCT, _ARGUMENT, _MEMORY, _IO. */
BOURSE_API int32_t bourse_context_new(bourse_context **out, const bourse_context_options *options);

/* Frees; NULL is fine. Requests in flight are dropped without completion, handles still open become inert (every call on
 * them is BOURSE_ERROR_STATE) and are freed by bourse_close; results live on. */
BOURSE_API void bourse_context_free(bourse_context *context);

/* Detail of the newest failure of any call on this context or its handles; never NULL. Borrowed until the next call. */
BOURSE_API const bourse_error *bourse_context_error(const bourse_context *context);

/* One descriptor that is readable when there is something to do. Negative when the context is NULL. */
BOURSE_API int32_t bourse_fd(const bourse_context *context);

/* Milliseconds until bourse_run should be called even if the descriptor stays silent; -1: no need. */
BOURSE_API int64_t bourse_timeout_ms(const bourse_context *context);

/* Does what is due, waiting at most max_wait_ms for something (0: not at all; -1: until something happens). Fires
 * callbacks. Returns how many requests were completed, or an error. */
BOURSE_API int32_t bourse_run(bourse_context *context, int64_t max_wait_ms);

/* Ends a wait in bourse_run. The only function that another thread may call. */
BOURSE_API void bourse_wakeup(bourse_context *context);

/* ORDER_RESOLVED: the fate of an order that was unknown is known; the result is the order (see bourse/journal.h). */
enum {
  BOURSE_EVENT_RESULT = 1,
  BOURSE_EVENT_ORDER_RESOLVED = 2,
  BOURSE_EVENT_ORDER_UNREPLACED = 3 /* an order was canceled to be replaced, and nothing is known to stand in its place: the
                                     * result has the canceled order, and the failure of the new one. Where the program
                                     * ended in between, this comes after the next start, when that is known */
};

/* Something that happened. */
typedef struct bourse_event {
  uint32_t struct_size;
  uint32_t api_version;
  int32_t kind;              /* BOURSE_EVENT_* */
  int32_t reserved;
  uint64_t ticket;           /* of bourse_submit */
  bourse_exchange *exchange; /* NULL when it was closed meanwhile */
  bourse_result *result;     /* the receiver's to free */
  void *user_data;           /* of the request */
} bourse_event;

#define BOURSE_EVENT_INIT BOURSE_STAMPED(bourse_event)

/* Takes the oldest event from the queue into *event, whose struct_size the caller has set.
 * 1: there was one; 0: none; or an error. The result is the caller's to free. */
BOURSE_API int32_t bourse_next(bourse_context *context, bourse_event *event);

/* Counters, by name, for metrics: 0-based index, NULL past the last; a value of 0 for an index that is none. Names are stable
 * and static. Returns no errors. */
BOURSE_API const char *bourse_metric_name(uint32_t index);
BOURSE_API int64_t bourse_metric_value(const bourse_context *context, uint32_t index);

#ifdef __cplusplus
}
#endif
#endif
