/* net/http_websocket.c - WebSocket connections of the default transport. libcurl makes the connection (names, proxies,
 * TLS); from then on its socket is watched here, and read and written through libcurl.
 *
 * Callbacks are made inside bourse__loop_run only. A connection that lets go of itself in one of them is taken apart
 * when the last of its calls has returned. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <bourse/error.h>

#include "core/arena.h"
#include "net/http_internal.h"
#include "net/websocket.h"

#define NS_PER_MS            1000000LL
#define TIMEOUT_MAX_MS       (86400LL * 1000 * 366)
#define READ_MAX             262144u    /* in one call of libcurl */
#define ROUNDS_MAX           64         /* reads in one turn, so that others come to theirs */
#define OUTPUT_MAX           (4u << 20) /* bytes waiting to be written */
#define RETRY_AFTER_MAX_S    2678400    /* a month */
#define KEEPALIVE_IDLE_S     30L
#define KEEPALIVE_INTERVAL_S 10L

enum { CONNECTING = 0, UPGRADING, OPEN, ENDED };

struct bourse__http_websocket {
  bourse__http_job job;
  bourse__http *http;
  bourse__http_websocket *next;
  bourse__http_websocket *previous;
  bourse_socket_token *token;
  bourse__watch watch;
  bourse__timer deadline; /* until the upgrade is answered */
  bourse__timer again;    /* something is to be done without the socket saying so */
  int64_t timeout_ms;
  int64_t received_ns; /* of the newest read */
  int64_t received_monotonic_ns;
  int32_t state;
  int32_t is_tls;
  int32_t paused;
  int32_t blocked;     /* the socket takes no more for now */
  int32_t send_failed; /* nothing more can be written; there may be something to read */
  int32_t busy;        /* calls under way that still need it */
  int32_t released;    /* its owner let go of it */
  int fd;              /* -1: not connected */
  bourse__websocket protocol;
  char host[264]; /* "wss://host:port", for the log: a path may hold a secret */
};

static void detach(bourse__http_websocket *w) {
  bourse__loop *loop = w->http->loop;
  bourse__loop_unwatch(loop, &w->watch);
  bourse__timer_clear(loop, &w->deadline);
  bourse__timer_clear(loop, &w->again);
}

static void websocket_free(bourse__http_websocket *w) {
  if (w->job.easy != NULL) curl_easy_cleanup(w->job.easy);
  bourse__websocket_free(&w->protocol);
  bourse__release(&w->http->allocator, w);
}

/* Takes it from the list and from libcurl, which closes the connection. */
static void let_go(bourse__http_websocket *w) {
  bourse__http *http = w->http;
  detach(w);
  *(w->previous != NULL ? &w->previous->next : &http->websockets) = w->next;
  if (w->next != NULL) w->next->previous = w->previous;
  curl_multi_remove_handle(http->upgrades.handle, w->job.easy);
  bourse__http_apply_timeout(&http->upgrades);
  websocket_free(w);
}

static void enter(bourse__http_websocket *w) { w->busy++; }

static void leave(bourse__http_websocket *w) {
  if (--w->busy == 0 && (w->released || w->state == ENDED)) let_go(w);
}

static int32_t is_gone(const bourse__http_websocket *w) { return w->released || w->state == ENDED; }

static int32_t is_stopped(const bourse__http_websocket *w) { return is_gone(w) || (w->state == OPEN && w->paused); }

/* Ending. */

static void finish(bourse__http_websocket *w, const bourse_socket_end *end) {
  if (is_gone(w)) return;
  detach(w);
  w->state = ENDED;
  if (w->http->log != NULL)
    bourse__log_write(w->http->log, 4, "%s: ended, error %d, status %d, close code %d: %s", w->host, (int)end->error,
                      (int)end->http_status, (int)end->close_code, end->text);
  enter(w);
  bourse_socket_closed(w->token, end);
  leave(w);
}

static void fail(bourse__http_websocket *w, int32_t error, const char *text) {
  bourse_socket_end end = {.struct_size = sizeof end, .error = error, .text = text};
  finish(w, &end);
}

/* What the peer said, as text: no control characters, and no character cut off. */
static void copy_text(char *out, size_t size, const char *bytes, size_t length) {
  if (length >= size) {
    length = size - 1;
    while (length > 0 && ((uint8_t)bytes[length] & 0xC0) == 0x80) length--;
  }
  for (size_t i = 0; i < length; i++) out[i] = (uint8_t)bytes[i] < ' ' || bytes[i] == 127 ? ' ' : bytes[i];
  out[length] = '\0';
}

/* Seconds, or a date. 0: neither. */
static int64_t read_retry_after(const bourse__http *http, const char *value) {
  char text[64];
  size_t length = 0;
  int64_t seconds = 0, at;
  if (value == NULL) return 0;
  while (length < sizeof text - 1 && value[length] != '\r' && value[length] != '\n') length++;
  memcpy(text, value, length);
  text[length] = '\0';
  if (strspn(text, "0123456789") == length) {
    for (size_t i = 0; i < length && seconds < RETRY_AFTER_MAX_S; i++) seconds = seconds * 10 + (text[i] - '0');
  } else if ((at = (int64_t)curl_getdate(text, NULL)) > 0) {
    seconds = at - bourse__loop_now_ns(http->loop) / (1000 * NS_PER_MS);
  }
  if (seconds > RETRY_AFTER_MAX_S) seconds = RETRY_AFTER_MAX_S;
  return seconds > 0 ? seconds * 1000 : 0;
}

static void finish_refused(bourse__http_websocket *w, const bourse__websocket_event *event) {
  char text[BOURSE__WEBSOCKET_BODY_MAX + 1];
  copy_text(text, sizeof text, event->bytes, event->length);
  bourse_socket_end end = {.struct_size = sizeof end,
                           .error = bourse__http_status_error(event->code),
                           .http_status = event->code,
                           .retry_after_ms = read_retry_after(w->http, event->retry_after),
                           .text = text};
  finish(w, &end);
}

static void finish_closed(bourse__http_websocket *w, const bourse__websocket_event *event) {
  char text[128];
  copy_text(text, sizeof text, event->bytes, event->length);
  bourse_socket_end end = {.struct_size = sizeof end, .error = BOURSE_OK, .close_code = event->code, .text = text};
  finish(w, &end);
}

/* The connection is gone. What came of a refusal is told all the same. */
static void finish_broken(bourse__http_websocket *w, const char *text) {
  bourse__websocket_event event = {0};
  if (bourse__websocket_refusal(&w->protocol, &event) != 0)
    finish_refused(w, &event);
  else
    fail(w, BOURSE_ERROR_DISCONNECTED, text);
}

static void on_deadline(bourse__timer *timer) {
  bourse__http_websocket *w = timer->user_data;
  bourse__websocket_event event = {0};
  enter(w);
  snprintf(w->job.curl_error, sizeof w->job.curl_error, "the time allowed (%lld ms) was over %s",
           (long long)w->timeout_ms,
           w->state == CONNECTING ? "while connecting" : "while waiting for the answer to the upgrade");
  if (bourse__websocket_refusal(&w->protocol, &event) != 0)
    finish_refused(w, &event);
  else
    fail(w, BOURSE_ERROR_TIMEOUT, w->job.curl_error);
  leave(w);
}

/* Reading and writing. */

static void flush(bourse__http_websocket *w) {
  size_t length, sent;
  const uint8_t *bytes;
  if (w->send_failed || w->fd < 0) return;
  w->blocked = 0;
  while ((bytes = bourse__websocket_output(&w->protocol, &length)) != NULL) {
    sent = 0;
    CURLcode code = curl_easy_send(w->job.easy, bytes, length, &sent);
    w->blocked = code == CURLE_AGAIN;
    w->send_failed = code != CURLE_OK && !w->blocked;
    if (code != CURLE_OK) return;
    bourse__websocket_sent(&w->protocol, sent);
  }
}

/* Watches for what is waited for now. */
static void watch(bourse__http_websocket *w) {
  uint32_t events = 0;
  if (w->fd < 0 || is_gone(w)) return;
  if (!is_stopped(w)) events |= BOURSE__READABLE;
  if (w->blocked) events |= BOURSE__WRITABLE;
  if (events == 0)
    bourse__loop_unwatch(w->http->loop, &w->watch);
  else if (bourse__loop_watch(w->http->loop, &w->watch, w->fd, events) != BOURSE_OK)
    fail(w, BOURSE_ERROR_NETWORK, "the socket cannot be watched");
}

static void set_again(bourse__http_websocket *w) {
  bourse__timer_set(w->http->loop, &w->again, bourse__loop_monotonic_ns(w->http->loop));
}

static void on_opened(bourse__http_websocket *w) {
  w->state = OPEN;
  bourse__timer_clear(w->http->loop, &w->deadline);
  if (w->http->log != NULL) bourse__log_write(w->http->log, 4, "%s: open", w->host);
  bourse_socket_opened(w->token);
}

/* Hands over what the buffer holds. */
static void take_events(bourse__http_websocket *w) {
  bourse__websocket_event event = {0};
  while (!is_stopped(w)) {
    int32_t kind = bourse__websocket_next(&w->protocol, &event);
    if (kind > 0 && kind < BOURSE__WEBSOCKET_OPENED) {
      bourse_socket_message(w->token, kind, event.bytes, event.length, w->received_ns, w->received_monotonic_ns);
      continue;
    }
    if (kind == BOURSE__WEBSOCKET_NOTHING) return;
    if (kind == BOURSE__WEBSOCKET_OPENED) {
      on_opened(w);
      continue;
    }
    flush(w); /* the close frame, as far as it goes */
    if (kind == BOURSE__WEBSOCKET_CLOSED)
      finish_closed(w, &event);
    else if (kind == BOURSE__WEBSOCKET_REFUSED)
      finish_refused(w, &event);
    else
      fail(w, kind, event.text);
  }
}

/* Reads until there is no more. A read through TLS gives one record at most, so a short one says nothing. */
static void read_all(bourse__http_websocket *w) {
  for (int round = 0; round < ROUNDS_MAX; round++) {
    size_t size, length = 0;
    uint8_t *room = bourse__websocket_room(&w->protocol, &size);
    if (room == NULL) {
      fail(w, BOURSE_ERROR_MEMORY, "memory is out");
      return;
    }
    if (size > READ_MAX) size = READ_MAX;
    CURLcode code = curl_easy_recv(w->job.easy, room, size, &length);
    if (code == CURLE_AGAIN) return;
    if (code != CURLE_OK || length == 0) {
      if (code == CURLE_OK) w->job.curl_error[0] = '\0';
      finish_broken(w, w->job.curl_error[0] != '\0' ? w->job.curl_error
                       : w->state == OPEN           ? "the peer ended the connection without a close frame"
                                                    : "the peer ended the connection before it answered the upgrade");
      return;
    }
    w->received_ns = bourse__loop_now_ns(w->http->loop);
    w->received_monotonic_ns = bourse__loop_monotonic_ns(w->http->loop);
    bourse__websocket_received(&w->protocol, length);
    take_events(w);
    if (is_stopped(w) || (!w->is_tls && length < size)) return;
  }
  set_again(w);
}

/* One turn: read, write, and watch for more. */
static void turn(bourse__http_websocket *w, int32_t readable) {
  enter(w);
  if (readable && !is_stopped(w)) read_all(w);
  if (!is_gone(w)) flush(w);
  if (w->send_failed && !is_stopped(w)) { /* the peer may have said why before it went */
    if (!readable) read_all(w);
    if (!is_stopped(w)) fail(w, BOURSE_ERROR_DISCONNECTED, "the connection broke while something was written to it");
  }
  watch(w);
  leave(w);
}

static void on_ready(bourse__watch *watch_, uint32_t events) {
  turn(watch_->user_data, (events & (BOURSE__READABLE | BOURSE__BROKEN)) != 0);
}

static void on_again(bourse__timer *timer) {
  bourse__http_websocket *w = timer->user_data;
  enter(w);
  take_events(w);
  if (!is_gone(w)) turn(w, 1);
  leave(w);
}

/* Connecting. */

static void on_connected(bourse__http_websocket *w, CURLcode code) {
  const char *text = w->job.failure_text;
  int32_t error = w->job.failure;
  curl_socket_t fd = CURL_SOCKET_BAD;
  if (error == BOURSE_OK && code != CURLE_OK) error = bourse__http_error(&w->job, 0, code, &text);
  if (error != BOURSE_OK) {
    fail(w, error, text);
    return;
  }
  /* The first write ties the connection to the handle; until then libcurl may take it for an idle one. */
  curl_easy_getinfo(w->job.easy, CURLINFO_ACTIVESOCKET, &fd);
  if (fd == CURL_SOCKET_BAD) {
    fail(w, BOURSE_ERROR_DISCONNECTED, "the connection broke before the upgrade was asked for");
    return;
  }
  bourse__http_forget(&w->http->upgrades, fd);
  w->fd = fd;
  w->state = UPGRADING;
  turn(w, 0);
}

void bourse__http_sweep_websockets(bourse__http *http) {
  const CURLMsg *message;
  int left = 0;
  uint32_t limit = 1;
  if (http->upgrades.handle == NULL) return;
  for (const bourse__http_websocket *w = http->websockets; w != NULL; w = w->next) limit++;
  for (; limit > 0 && (message = curl_multi_info_read(http->upgrades.handle, &left)) != NULL; limit--) {
    bourse__http_websocket *w = NULL;
    if (message->msg != CURLMSG_DONE) continue;
    CURLcode code = message->data.result;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&w);
    enter(w);
    on_connected(w, code);
    leave(w);
  }
  while (http->upgrades.failures && limit > 0) {
    bourse__http_websocket *w = http->websockets;
    while (w != NULL && (w->job.failure == BOURSE_OK || is_gone(w))) w = w->next;
    if (w == NULL) {
      http->upgrades.failures = 0;
      break;
    }
    limit--;
    enter(w);
    fail(w, w->job.failure, w->job.failure_text);
    leave(w);
  }
  if (limit == 0) bourse__timer_set(http->loop, &http->sweep_timer, bourse__loop_monotonic_ns(http->loop));
}

static CURLcode set_options(bourse__http_websocket *w, const char *url) {
  CURL *easy = w->job.easy;
  CURLcode code = bourse__http_set_common(w->http, &w->job);
#define SET(option_, value_) \
  if (code == CURLE_OK) code = curl_easy_setopt(easy, option_, value_)
  SET(CURLOPT_URL, url);
  SET(CURLOPT_CONNECT_ONLY, 1L);
  SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  SET(CURLOPT_HTTPPROXYTUNNEL, 1L);
  SET(CURLOPT_BUFFERSIZE, (long)READ_MAX);
  SET(CURLOPT_TCP_KEEPALIVE, 1L);
  SET(CURLOPT_TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
  SET(CURLOPT_TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S);
#undef SET
  return code;
}

/* The parts of "wss://host:port/path?query"; 0: it is none. */
typedef struct address {
  int32_t is_tls;
  const char *host; /* with its port */
  size_t host_length;
  const char *path;
} address;

static int32_t read_url(address *a, const char *url) {
  if (url == NULL) return 0;
  a->is_tls = strncmp(url, "wss://", 6) == 0;
  if (!a->is_tls && strncmp(url, "ws://", 5) != 0) return 0;
  for (const char *c = url; *c != '\0'; c++)
    if ((unsigned char)*c <= ' ' || *c == 127 || *c == '#') return 0;
  a->host = url + (a->is_tls ? 6 : 5);
  a->host_length = strcspn(a->host, "/?");
  a->path = a->host + a->host_length;
  return a->host_length > 0 && a->host_length <= 255 && memchr(a->host, '@', a->host_length) == NULL;
}

/* What the upgrade itself says cannot be said twice. */
static int32_t is_reserved(const char *name) {
  static const char *const names[] = {"host",
                                      "upgrade",
                                      "connection",
                                      "content-length",
                                      "transfer-encoding",
                                      "sec-websocket-key",
                                      "sec-websocket-version",
                                      "sec-websocket-extensions",
                                      "sec-websocket-accept"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcasecmp(name, names[i]) == 0) return 1;
  return 0;
}

static int32_t is_acceptable(const bourse_socket_request *request) {
  if (request->timeout_ms <= 0 || request->message_size_max == 0) return 0;
  if (request->headers == NULL && request->header_count != 0) return 0;
  for (uint32_t i = 0; i < request->header_count; i++) {
    const bourse_http_header *header = &request->headers[i];
    if (!bourse__http_is_token(header->name) || !bourse__http_is_value(header->value)) return 0;
    if (is_reserved(header->name)) return 0;
  }
  return 1;
}

/* Puts the request for the upgrade into the output, with a User-Agent unless one is given. */
static int32_t begin(bourse__http_websocket *w, const address *a, const bourse_socket_request *request) {
  uint32_t count = request->header_count;
  bourse_http_header *headers = bourse__alloc(&w->http->allocator, (count + (size_t)1) * sizeof *headers);
  if (headers == NULL) return BOURSE_ERROR_MEMORY;
  int32_t has_agent = 0;
  for (uint32_t i = 0; i < count; i++) {
    headers[i] = request->headers[i];
    if (strcasecmp(headers[i].name, "user-agent") == 0) has_agent = 1;
  }
  if (!has_agent) headers[count++] = (bourse_http_header){"User-Agent", w->http->user_agent};
  bourse__websocket_upgrade upgrade = {.host = a->host,
                                       .host_length = a->host_length,
                                       .path = a->path,
                                       .path_length = strlen(a->path),
                                       .headers = headers,
                                       .header_count = count,
                                       .compress = request->compress != 0};
  const char *usual = a->is_tls ? ":443" : ":80"; /* is not written (RFC 6455, 4.1) */
  size_t length = strlen(usual);
  if (upgrade.host_length > length && memcmp(a->host + a->host_length - length, usual, length) == 0)
    upgrade.host_length -= length;
  int32_t error = bourse__websocket_begin(&w->protocol, &upgrade);
  bourse__release(&w->http->allocator, headers);
  return error;
}

static int32_t prepare(bourse__http_websocket *w, const address *a, const bourse_socket_request *request) {
  bourse__websocket_options options = {
      .random = w->http->random, .message_size_max = request->message_size_max, .output_size_max = OUTPUT_MAX};
  char url[300];
  bourse__websocket_init(&w->protocol, &w->http->allocator, &options);
  snprintf(w->host, sizeof w->host, "ws%s://%.*s", a->is_tls ? "s" : "", (int)a->host_length, a->host);
  snprintf(url, sizeof url, "http%s://%.*s/", a->is_tls ? "s" : "", (int)a->host_length, a->host);
  w->job.easy = curl_easy_init();
  CURLcode code = w->job.easy == NULL ? CURLE_OUT_OF_MEMORY : set_options(w, url);
  if (code != CURLE_OK) return code == CURLE_OUT_OF_MEMORY ? BOURSE_ERROR_MEMORY : BOURSE_ERROR_INTERNAL;
  return begin(w, a, request);
}

static void attach(bourse__http_websocket *w, int64_t timeout_ms) {
  bourse__http *http = w->http;
  int64_t now = bourse__loop_monotonic_ns(http->loop);
  w->next = http->websockets;
  if (w->next != NULL) w->next->previous = w;
  http->websockets = w;
  w->timeout_ms = timeout_ms < TIMEOUT_MAX_MS ? timeout_ms : TIMEOUT_MAX_MS;
  bourse__timer_set(http->loop, &w->deadline, now + w->timeout_ms * NS_PER_MS);
  bourse__http_kick(&http->upgrades);
  bourse__timer_set(http->loop, &http->sweep_timer, now); /* it may be done already: no callback is made in here */
}

int32_t bourse__http_connect(void *user_data, const bourse_socket_request *request, bourse_socket_token *token,
                             void **out_socket) {
  bourse__http *http = user_data;
  address a;
  if (out_socket == NULL) return BOURSE_ERROR_ARGUMENT;
  *out_socket = NULL;
  if (request == NULL || !read_url(&a, request->url) || !is_acceptable(request)) return BOURSE_ERROR_ARGUMENT;
  if (http->upgrades.handle == NULL) {
    int32_t error = bourse__http_multi_open(&http->upgrades, http, bourse__http_sweep_websockets);
    if (error != BOURSE_OK) return error;
  }
  bourse__http_websocket *w = bourse__alloc(&http->allocator, sizeof *w);
  if (w == NULL) return BOURSE_ERROR_MEMORY;
  w->http = http;
  w->token = token;
  w->fd = -1;
  w->is_tls = a.is_tls;
  w->job.multi = &http->upgrades;
  w->watch.callback = on_ready;
  w->watch.user_data = w;
  w->deadline.callback = on_deadline;
  w->deadline.user_data = w;
  w->again.callback = on_again;
  w->again.user_data = w;
  int32_t error = prepare(w, &a, request);
  if (error == BOURSE_OK && curl_multi_add_handle(http->upgrades.handle, w->job.easy) != CURLM_OK)
    error = BOURSE_ERROR_MEMORY;
  if (error != BOURSE_OK) {
    websocket_free(w);
    return error;
  }
  attach(w, request->timeout_ms);
  *out_socket = w;
  return BOURSE_OK;
}

/* The rest of the transport's members. */

int32_t bourse__http_send_message(void *user_data, void *socket, int32_t kind, const char *bytes, size_t length) {
  bourse__http_websocket *w = socket;
  (void)user_data;
  if (is_gone(w) || w->send_failed || w->state != OPEN) return BOURSE_ERROR_STATE;
  int32_t error = bourse__websocket_send(&w->protocol, kind, bytes, length);
  if (error != BOURSE_OK || w->blocked) return error;
  flush(w); /* at once: it may be an order */
  if (w->send_failed || w->blocked) set_again(w);
  return BOURSE_OK;
}

void bourse__http_pause(void *user_data, void *socket, int32_t paused) {
  bourse__http_websocket *w = socket;
  (void)user_data;
  if (is_gone(w)) return;
  int32_t before = w->paused;
  w->paused = paused != 0; /* the socket is taken out of the loop when it is next ready */
  if (before && !w->paused && w->state == OPEN) set_again(w); /* there may be messages in the buffer, or bytes in TLS */
}

void bourse__http_disconnect(void *user_data, void *socket) {
  bourse__http_websocket *w = socket;
  (void)user_data;
  if (w->released) return;
  if (w->state == OPEN) {
    bourse__websocket_close(&w->protocol, 1000);
    flush(w);
  }
  w->released = 1;
  if (w->busy == 0) let_go(w);
}

void bourse__http_websockets_free(bourse__http *http) {
  while (http->websockets != NULL) bourse__http_disconnect(http, http->websockets);
}
