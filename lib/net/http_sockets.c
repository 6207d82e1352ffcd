/* net/http_sockets.c - libcurl's sockets and timers in the loop.
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

static bourse__http_socket *find(const bourse__http_multi *multi, int fd) {
  bourse__http_socket *s = multi->sockets;
  while (s != NULL && s->fd != fd) s = s->next;
  return s;
}

static bourse__http_socket *add(bourse__http_multi *multi, int fd, int32_t opened_here) {
  bourse__http_socket *s = bourse__alloc(&multi->http->allocator, sizeof *s);
  if (s == NULL) return NULL;
  s->watch.callback = on_ready;
  s->watch.user_data = s;
  s->multi = multi;
  s->fd = fd;
  s->opened_here = opened_here;
  s->next = multi->sockets;
  multi->sockets = s;
  return s;
}

static void drop(bourse__http_multi *multi, bourse__http_socket *socket) {
  bourse__http_socket **at = &multi->sockets;
  while (*at != socket) at = &(*at)->next;
  *at = socket->next;
  bourse__loop_unwatch(multi->http->loop, &socket->watch);
  bourse__release(&multi->http->allocator, socket);
}

static void fail_job(bourse__http_job *job, int32_t error, const char *text) {
  job->failure = error;
  job->failure_text = text;
  job->multi->failures = 1;
}

static curl_socket_t on_open(void *user_data, curlsocktype purpose, struct curl_sockaddr *address) {
  bourse__http_job *job = user_data;
  (void)purpose;
  int fd = socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
  if (fd < 0) return CURL_SOCKET_BAD;
  if (add(job->multi, fd, 1) == NULL) {
    fail_job(job, BOURSE_ERROR_MEMORY, "memory is out");
    close(fd);
    return CURL_SOCKET_BAD;
  }
  return fd;
}

/* The connection, and so this call, may outlive the job that opened it: hence the user data is not the job. */
static int on_close(void *user_data, curl_socket_t fd) {
  bourse__http_multi *multi = user_data;
  bourse__http_socket *s = find(multi, fd);
  if (s != NULL) drop(multi, s);
  return close(fd);
}

/* libcurl's CURLMOPT_SOCKETFUNCTION. Returning an error here would end all transfers, so one that cannot be watched is
 * failed by itself. */
static int on_want(CURL *easy, curl_socket_t fd, int what, void *user_data, void *assigned) {
  bourse__http_multi *multi = user_data;
  bourse__loop *loop = multi->http->loop;
  bourse__http_socket *s = assigned != NULL ? assigned : find(multi, fd);
  if (what == CURL_POLL_REMOVE) {
    if (s == NULL) return 0;
    s->wanted = 0;
    if (!s->opened_here)
      drop(multi, s);
    else if (s->watch.events & BOURSE__WRITABLE)
      bourse__loop_unwatch(loop, &s->watch);
    return 0;
  }
  if (s == NULL) s = add(multi, fd, 0);
  if (s != NULL && assigned == NULL) curl_multi_assign(multi->handle, fd, s);
  uint32_t wanted = 0;
  if (what & CURL_POLL_IN) wanted |= BOURSE__READABLE;
  if (what & CURL_POLL_OUT) wanted |= BOURSE__WRITABLE;
  if (s != NULL) s->wanted = wanted;
  if (s == NULL || (wanted != 0 && bourse__loop_watch(loop, &s->watch, fd, wanted) != BOURSE_OK)) {
    bourse__http_job *job = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&job);
    if (job != NULL)
      fail_job(job, s == NULL ? BOURSE_ERROR_MEMORY : BOURSE_ERROR_NETWORK, "the socket cannot be watched");
  }
  return 0;
}

static int on_timeout(CURLM *handle, long timeout_ms, void *user_data) {
  bourse__http_multi *multi = user_data;
  (void)handle;
  multi->timeout_ms = timeout_ms;
  multi->timeout_said = 1;
  return 0;
}

static void set_timer(bourse__http_multi *multi, int64_t timeout_ms) {
  bourse__loop *loop = multi->http->loop;
  bourse__timer_set(loop, &multi->timer, bourse__loop_monotonic_ns(loop) + timeout_ms * NS_PER_MS);
}

void bourse__http_apply_timeout(bourse__http_multi *multi) {
  if (!multi->timeout_said) return;
  multi->timeout_said = 0;
  if (multi->timeout_ms < 0)
    bourse__timer_clear(multi->http->loop, &multi->timer);
  else
    set_timer(multi, multi->timeout_ms);
}

int bourse__http_kick(bourse__http_multi *multi) {
  int running = 0;
  /* Its only error that can come up here is want of memory for one transfer, which its deadline then ends. */
  curl_multi_socket_action(multi->handle, CURL_SOCKET_TIMEOUT, 0, &running);
  bourse__http_apply_timeout(multi);
  return running;
}

/* libcurl says nothing when its next time is the same as before. When our clock was ahead of its own by a little, it
 * found nothing to do yet and must be called once more. */
static void on_timer(bourse__timer *timer) {
  bourse__http_multi *multi = timer->user_data;
  bourse__http_kick(multi);
  if (!bourse__timer_is_set(&multi->timer)) {
    long left_ms = -1;
    curl_multi_timeout(multi->handle, &left_ms);
    if (left_ms >= 0) set_timer(multi, left_ms == 0 ? 1 : left_ms);
  }
  multi->sweep(multi->http);
}

static void on_ready(bourse__watch *watch, uint32_t events) {
  bourse__http_socket *s = watch->user_data;
  bourse__http_multi *multi = s->multi;
  if (s->wanted == 0) {
    bourse__loop_unwatch(multi->http->loop, watch);
    return;
  }
  /* A broken connection is for libcurl to find by reading or writing: that gives its true error. */
  if (events & BOURSE__BROKEN) events |= s->wanted;
  int mask = 0, running;
  if (events & BOURSE__READABLE) mask |= CURL_CSELECT_IN;
  if (events & BOURSE__WRITABLE) mask |= CURL_CSELECT_OUT;
  curl_multi_socket_action(multi->handle, s->fd, mask, &running);
  bourse__http_apply_timeout(multi);
  multi->sweep(multi->http);
}

void bourse__http_forget(bourse__http_multi *multi, int fd) {
  bourse__http_socket *s = find(multi, fd);
  if (s != NULL) bourse__loop_unwatch(multi->http->loop, &s->watch);
}

int32_t bourse__http_multi_open(bourse__http_multi *multi, bourse__http *http, void (*sweep)(bourse__http *http)) {
  multi->http = http;
  multi->sweep = sweep;
  multi->timer.callback = on_timer;
  multi->timer.user_data = multi;
  multi->handle = curl_multi_init();
  if (multi->handle == NULL) return BOURSE_ERROR_MEMORY;
  CURLMcode code = curl_multi_setopt(multi->handle, CURLMOPT_SOCKETFUNCTION, on_want);
  if (code == CURLM_OK) code = curl_multi_setopt(multi->handle, CURLMOPT_SOCKETDATA, multi);
  if (code == CURLM_OK) code = curl_multi_setopt(multi->handle, CURLMOPT_TIMERFUNCTION, on_timeout);
  if (code == CURLM_OK) code = curl_multi_setopt(multi->handle, CURLMOPT_TIMERDATA, multi);
  return code == CURLM_OK ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

void bourse__http_multi_close(bourse__http_multi *multi) {
  if (multi->handle == NULL) return;
  curl_multi_cleanup(multi->handle);
  multi->handle = NULL;
  bourse__timer_clear(multi->http->loop, &multi->timer);
  while (multi->sockets != NULL) drop(multi, multi->sockets);
}

CURLcode bourse__http_sockets_options(bourse__http_job *job) {
  CURLcode code = curl_easy_setopt(job->easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
  if (code == CURLE_OK) code = curl_easy_setopt(job->easy, CURLOPT_OPENSOCKETDATA, job);
  if (code == CURLE_OK) code = curl_easy_setopt(job->easy, CURLOPT_CLOSESOCKETFUNCTION, on_close);
  if (code == CURLE_OK) code = curl_easy_setopt(job->easy, CURLOPT_CLOSESOCKETDATA, job->multi);
  return code;
}
