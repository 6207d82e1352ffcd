/* net/http_sockets.c - libcurl's sockets and timer in the loop.
 *
 * libcurl stops watching a connection's socket after every request and starts again with the next. Sockets opened
 * here stay watched for reading in between, so a kept-alive request costs no system call for that; an idle socket
 * that becomes readable (the server closed it) is dropped from the loop then, and libcurl finds out when it wants to
 * use it again. */
#include <bourse/error.h>

#include <sys/socket.h>
#include <unistd.h>

#include "core/arena.h"
#include "net/http_internal.h"

#define NS_PER_MS 1000000LL

static void on_ready(bourse__watch *watch, uint32_t events);

static bourse__http_socket *find(const bourse__http *http, int fd) {
  bourse__http_socket *s = http->sockets;
  while (s != NULL && s->fd != fd) s = s->next;
  return s;
}

static bourse__http_socket *add(bourse__http *http, int fd, int32_t opened_here) {
  bourse__http_socket *s = bourse__alloc(&http->allocator, sizeof *s);
  if (s == NULL) return NULL;
  s->watch.callback = on_ready;
  s->watch.user_data = s;
  s->http = http;
  s->fd = fd;
  s->opened_here = opened_here;
  s->next = http->sockets;
  http->sockets = s;
  return s;
}

static void drop(bourse__http *http, bourse__http_socket *socket) {
  bourse__http_socket **at = &http->sockets;
  while (*at != socket) at = &(*at)->next;
  *at = socket->next;
  bourse__loop_unwatch(http->loop, &socket->watch);
  bourse__release(&http->allocator, socket);
}

static void fail_transfer(bourse__http_transfer *transfer, int32_t error, const char *text) {
  transfer->failure = error;
  transfer->failure_text = text;
  transfer->http->failures = 1;
}

static curl_socket_t on_open(void *user_data, curlsocktype purpose, struct curl_sockaddr *address) {
  bourse__http_transfer *transfer = user_data;
  (void)purpose;
  int fd = socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
  if (fd < 0) return CURL_SOCKET_BAD;
  if (add(transfer->http, fd, 1) == NULL) {
    fail_transfer(transfer, BOURSE_ERROR_MEMORY, "memory is out");
    close(fd);
    return CURL_SOCKET_BAD;
  }
  return fd;
}

/* The connection, and so this call, may outlive the transfer that opened it: hence the user data is not the
 * transfer. */
static int on_close(void *user_data, curl_socket_t fd) {
  bourse__http *http = user_data;
  bourse__http_socket *s = find(http, fd);
  if (s != NULL) drop(http, s);
  return close(fd);
}

/* libcurl's CURLMOPT_SOCKETFUNCTION. Returning an error here would end all transfers, so one that cannot be watched is
 * failed by itself. */
static int on_want(CURL *easy, curl_socket_t fd, int what, void *user_data, void *assigned) {
  bourse__http *http = user_data;
  bourse__http_socket *s = assigned != NULL ? assigned : find(http, fd);
  if (what == CURL_POLL_REMOVE) {
    if (s == NULL) return 0;
    s->wanted = 0;
    if (!s->opened_here)
      drop(http, s);
    else if (s->watch.events & BOURSE__WRITABLE)
      bourse__loop_unwatch(http->loop, &s->watch);
    return 0;
  }
  if (s == NULL) s = add(http, fd, 0);
  if (s != NULL && assigned == NULL) curl_multi_assign(http->multi, fd, s);
  uint32_t wanted = 0;
  if (what & CURL_POLL_IN) wanted |= BOURSE__READABLE;
  if (what & CURL_POLL_OUT) wanted |= BOURSE__WRITABLE;
  if (s != NULL) s->wanted = wanted;
  if (s == NULL || (wanted != 0 && bourse__loop_watch(http->loop, &s->watch, fd, wanted) != BOURSE_OK)) {
    bourse__http_transfer *transfer = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&transfer);
    if (transfer != NULL)
      fail_transfer(transfer, s == NULL ? BOURSE_ERROR_MEMORY : BOURSE_ERROR_NETWORK, "the socket cannot be watched");
  }
  return 0;
}

static int on_timeout(CURLM *multi, long timeout_ms, void *user_data) {
  bourse__http *http = user_data;
  (void)multi;
  http->curl_timeout_ms = timeout_ms;
  http->curl_timeout_said = 1;
  return 0;
}

static void set_curl_timer(bourse__http *http, int64_t timeout_ms) {
  int64_t at = bourse__loop_monotonic_ns(http->loop) + timeout_ms * NS_PER_MS;
  bourse__timer_set(http->loop, &http->curl_timer, at);
}

void bourse__http_apply_timeout(bourse__http *http) {
  if (!http->curl_timeout_said) return;
  http->curl_timeout_said = 0;
  if (http->curl_timeout_ms < 0)
    bourse__timer_clear(http->loop, &http->curl_timer);
  else
    set_curl_timer(http, http->curl_timeout_ms);
}

int bourse__http_kick(bourse__http *http) {
  int running = 0;
  /* Its only error that can come up here is want of memory for one transfer, which its deadline then ends. */
  curl_multi_socket_action(http->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  bourse__http_apply_timeout(http);
  return running;
}

/* libcurl says nothing when its next time is the same as before. When our clock was ahead of its own by a little, it
 * found nothing to do yet and must be called once more. */
static void on_curl_timer(bourse__timer *timer) {
  bourse__http *http = timer->user_data;
  bourse__http_kick(http);
  if (!bourse__timer_is_set(&http->curl_timer)) {
    long left_ms = -1;
    curl_multi_timeout(http->multi, &left_ms);
    if (left_ms >= 0) set_curl_timer(http, left_ms == 0 ? 1 : left_ms);
  }
  bourse__http_sweep(http);
}

static void on_ready(bourse__watch *watch, uint32_t events) {
  bourse__http_socket *s = watch->user_data;
  bourse__http *http = s->http;
  if (s->wanted == 0) {
    bourse__loop_unwatch(http->loop, watch);
    return;
  }
  /* A broken connection is for libcurl to find by reading or writing: that gives its true error. */
  if (events & BOURSE__BROKEN) events |= s->wanted;
  int mask = 0, running;
  if (events & BOURSE__READABLE) mask |= CURL_CSELECT_IN;
  if (events & BOURSE__WRITABLE) mask |= CURL_CSELECT_OUT;
  curl_multi_socket_action(http->multi, s->fd, mask, &running);
  bourse__http_apply_timeout(http);
  bourse__http_sweep(http);
}

int32_t bourse__http_sockets_attach(bourse__http *http) {
  http->curl_timer.callback = on_curl_timer;
  http->curl_timer.user_data = http;
  CURLMcode code = curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_want);
  if (code == CURLM_OK) code = curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
  if (code == CURLM_OK) code = curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_timeout);
  if (code == CURLM_OK) code = curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
  return code == CURLM_OK ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

CURLcode bourse__http_sockets_options(bourse__http_transfer *transfer) {
  CURL *easy = transfer->easy;
  CURLcode code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer);
  if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
  if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, transfer->http);
  return code;
}

void bourse__http_sockets_free(bourse__http *http) {
  bourse__timer_clear(http->loop, &http->curl_timer);
  while (http->sockets != NULL) drop(http, http->sockets);
}
