/* tests/net/overhead.c - what the default transport costs above libcurl alone, for a kept-alive GET on loopback.
 *
 * `overhead MODE COUNT [DELAY_US]` makes COUNT requests, each answered after a delay: easy (curl_easy_perform),
 * multi (curl_multi_socket_action over epoll, options set once, reply dropped) or ours. Under `valgrind
 * --tool=callgrind`, the difference of two counts is the cost of the requests alone: overhead.sh does that. Without
 * valgrind it prints the time per request. */
#include <signal.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <time.h>

#include <curl/curl.h>

#include <bourse/error.h>

#include "core/arena.h"
#include "net/http.h"
#include "net/server.h"

static const char body[] = "{\"symbol\":\"BTCUSDT\",\"price\":\"64123.45000000\",\"time\":1700000000123}";

static int serve(const server_request *r, void *user_data) {
  usleep(*(const useconds_t *)user_data);
  server_reply(r->fd, 200, "Content-Type: application/json\r\nX-MBX-USED-WEIGHT-1M: 12\r\nDate: today\r\n", body,
               sizeof body - 1);
  return 1;
}

/* In a child, so that it is not counted. */
static pid_t start_server(int *port, useconds_t delay_us) {
  int fds[2];
  if (pipe(fds) != 0) abort();
  pid_t child = fork();
  if (child == 0) {
    server *s = server_start(serve, &delay_us);
    if (write(fds[1], &s->port, sizeof s->port) != sizeof s->port) abort();
    pause();
    _exit(0);
  }
  if (read(fds[0], port, sizeof *port) != sizeof *port) abort();
  return child;
}

static size_t received;

static size_t count_bytes(char *data, size_t size, size_t count, void *user_data) {
  (void)data, (void)user_data;
  received += size * count;
  return size * count;
}

static CURL *make_easy(const char *url) {
  CURL *easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, url);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "libbourse/0.1.0");
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, count_bytes);
  return easy;
}

static void run_easy(const char *url, int count) {
  CURL *easy = make_easy(url);
  for (int i = 0; i < count; i++)
    if (curl_easy_perform(easy) != CURLE_OK) abort();
  curl_easy_cleanup(easy);
}

static int set_epoll;
static long timeout_ms;

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user_data, void *known) {
  struct epoll_event event = {.data.fd = fd};
  (void)easy;
  if (what & CURL_POLL_IN) event.events |= EPOLLIN;
  if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
  int operation = what == CURL_POLL_REMOVE ? EPOLL_CTL_DEL : known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  epoll_ctl(set_epoll, operation, fd, &event);
  if (what != CURL_POLL_REMOVE) curl_multi_assign(user_data, fd, user_data);
  return 0;
}

static int on_timeout(CURLM *multi, long ms, void *user_data) {
  (void)multi, (void)user_data;
  timeout_ms = ms;
  return 0;
}

static void run_multi(const char *url, int count) {
  CURL *easy = make_easy(url);
  CURLM *multi = curl_multi_init();
  set_epoll = epoll_create1(EPOLL_CLOEXEC);
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, multi);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timeout);
  for (int i = 0; i < count; i++) {
    int running = 1, left;
    curl_multi_add_handle(multi, easy);
    timeout_ms = -1;
    curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
    while (running > 0) {
      struct epoll_event events[8];
      int n = epoll_wait(set_epoll, events, 8, (int)timeout_ms);
      if (n == 0) timeout_ms = -1, curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
      for (int j = 0; j < n; j++) {
        int mask = events[j].events & EPOLLIN ? CURL_CSELECT_IN : 0;
        if (events[j].events & EPOLLOUT) mask |= CURL_CSELECT_OUT;
        curl_multi_socket_action(multi, events[j].data.fd, mask, &running);
      }
    }
    CURLMsg *message = curl_multi_info_read(multi, &left);
    if (message == NULL || message->data.result != CURLE_OK) abort();
    curl_multi_remove_handle(multi, easy);
  }
  curl_easy_cleanup(easy);
  curl_multi_cleanup(multi);
  close(set_epoll);
}

static int32_t completed;

void bourse_transport_complete(bourse_exchange_token *token, const bourse_http_reply *reply) {
  (void)token;
  completed = reply->error == BOURSE_OK && reply->body_length == sizeof body - 1 && reply->header_count == 4 ? 1 : -1;
}

static void run_ours(const char *url, int count) {
  bourse__loop *loop;
  bourse__http *http;
  bourse_transport transport;
  bourse__http_options options = {.proxy = ""};
  bourse_http_request request = {.struct_size = sizeof request, .method = "GET", .url = url, .timeout_ms = 10000,
                                 .reply_size_max = 1 << 20};
  if (bourse__loop_new(&loop, &bourse__default_allocator, NULL) != BOURSE_OK) abort();
  if (bourse__http_new(&http, loop, &bourse__default_allocator, &options) != BOURSE_OK) abort();
  bourse__http_transport(http, &transport);
  for (int i = 0; i < count; i++) {
    completed = 0;
    bourse_exchange_token *token = (bourse_exchange_token *)(void *)&completed;
    if (transport.send(transport.user_data, &request, token) != BOURSE_OK) abort();
    while (completed == 0) bourse__loop_run(loop, 10000);
    if (completed != 1) abort();
  }
  bourse__http_free(http);
  bourse__loop_free(loop);
}

int main(int argc, char **argv) {
  int port, count = argc > 2 ? atoi(argv[2]) : 0;
  char url[200];
  struct timespec from, to;
  if (argc < 3) return 2;
  pid_t child = start_server(&port, argc > 3 ? (useconds_t)atoi(argv[3]) : 0);
  snprintf(url, sizeof url, "http://127.0.0.1:%d/api/v3/ticker/price?symbol=BTCUSDT", port);
  clock_gettime(CLOCK_MONOTONIC, &from);
  if (strcmp(argv[1], "easy") == 0) run_easy(url, count);
  if (strcmp(argv[1], "multi") == 0) run_multi(url, count);
  if (strcmp(argv[1], "ours") == 0) run_ours(url, count);
  clock_gettime(CLOCK_MONOTONIC, &to);
  double us = (double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_nsec - from.tv_nsec) / 1e3;
  printf("%s: %.1f us a request\n", argv[1], us / count);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return 0;
}
