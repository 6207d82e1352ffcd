/* rest.c - a kept-alive GET through the library, beside bare libcurl, over loopback. The server is a thread of this
 * program. Both send the same request, byte for byte.
 *
 *   rest count DELAY WHO  a hundred of them, for callgrind to count (--toggle-collect=measured_WHO); prints "100".
 *                         WHO: library (bourse_execute of fetch_time, result freed), curl (curl_easy_perform)
 *   rest time DELAY       "library NS" and "curl NS", in turns (medians), and "library_cpu NS" and "curl_cpu NS": of
 *                         them the time that the calling thread worked. All on one processor: which one the other
 *                         thread wakes up on would otherwise make more of a difference than anything else
 * DELAY: microseconds until the server answers. Over a network there is always one, so waiting is part of it; with 0
 * the answer is there before the client looks. */
#include <arpa/inet.h>
#include <bourse.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

enum { TIMES = 100, ROUNDS = 51, BATCH = 20 };

static struct {
  int listener;
  useconds_t delay_us;
  char url[64];
  char time_url[96];
  bourse_context *context;
  bourse_exchange *exchange;
  CURL *easy;
  char body[256];
  size_t body_length;
  char last_request[4096]; /* written before it is answered, read after */
} bench;

_Noreturn static void die(const char *why) {
  fprintf(stderr, "rest: %s\n", why);
  exit(1);
}

/* --- The server: the headers that Binance sends --- */

static const char reply[] =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: application/json;charset=UTF-8\r\n"
    "Content-Length: 28\r\n"
    "Connection: keep-alive\r\n"
    "Date: Thu, 07 Aug 2025 21:55:41 GMT\r\n"
    "Server: nginx\r\n"
    "x-mbx-uuid: 4d0f3b1e-33b2-4a53-9a43-7e0e3b0d9a70\r\n"
    "x-mbx-used-weight: 12\r\n"
    "x-mbx-used-weight-1m: 12\r\n"
    "Strict-Transport-Security: max-age=31536000; includeSubdomains\r\n"
    "X-Frame-Options: SAMEORIGIN\r\n"
    "X-Xss-Protection: 1; mode=block\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Content-Security-Policy: default-src 'self'\r\n"
    "Cache-Control: no-cache, no-store, must-revalidate\r\n"
    "Pragma: no-cache\r\n"
    "Expires: 0\r\n"
    "\r\n"
    "{\"serverTime\":1754603741167}";

static void *serve_one(void *argument) {
  int fd = *(int *)argument;
  char request[4096];
  size_t length = 0;
  free(argument);
  for (;;) {
    ssize_t size = recv(fd, request + length, sizeof request - 1 - length, 0);
    if (size <= 0) break;
    length += (size_t)size;
    request[length] = '\0';
    if (strstr(request, "\r\n\r\n") == NULL) continue;
    memcpy(bench.last_request, request, length + 1);
    length = 0;
    if (bench.delay_us > 0) usleep(bench.delay_us);
    if (send(fd, reply, sizeof reply - 1, MSG_NOSIGNAL) < 0) break;
  }
  close(fd);
  return NULL;
}

static void *serve(void *argument) {
  (void)argument;
  for (;;) {
    int one = 1, fd = accept(bench.listener, NULL, NULL);
    pthread_t thread;
    int *own = malloc(sizeof *own);
    if (fd < 0 || own == NULL) return NULL;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    *own = fd;
    if (pthread_create(&thread, NULL, serve_one, own) != 0) return NULL;
    pthread_detach(thread);
  }
}

static void start_server(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  pthread_t thread;
  bench.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bench.listener < 0 || bind(bench.listener, (struct sockaddr *)&address, sizeof address) != 0 ||
      listen(bench.listener, 8) != 0 || getsockname(bench.listener, (struct sockaddr *)&address, &length) != 0 ||
      pthread_create(&thread, NULL, serve, NULL) != 0)
    die("no server");
  pthread_detach(thread);
  snprintf(bench.url, sizeof bench.url, "http://127.0.0.1:%u", ntohs(address.sin_port));
  snprintf(bench.time_url, sizeof bench.time_url, "%s/api/v3/time", bench.url);
}

/* --- What is measured --- */

MEASURED int32_t measured_library(void);
MEASURED CURLcode measured_curl(void);

MEASURED int32_t measured_library(void) {
  bourse_result *result;
  int32_t code = bourse_fetch_time(&result, bench.exchange);
  bourse_result_free(result);
  return code;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *user_data) {
  (void)user_data;
  if (size * count > sizeof bench.body - bench.body_length) return 0;
  memcpy(bench.body + bench.body_length, bytes, size * count);
  bench.body_length += size * count;
  return size * count;
}

MEASURED CURLcode measured_curl(void) {
  bench.body_length = 0;
  return curl_easy_perform(bench.easy);
}

static void library_once(void) {
  if (measured_library() != BOURSE_OK) die(bourse_context_error(bench.context)->message);
}

static void curl_once(void) {
  if (measured_curl() != CURLE_OK || bench.body_length != 28) die("libcurl");
}

static void set_up(void) {
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_context_options context_options = BOURSE_CONTEXT_OPTIONS_INIT;
  context_options.user_agent = "bench/1";
  start_server();
  bourse_param host = {"*", bench.url, 0, 0};
  options.hosts = &host;
  options.host_count = 1;
  if (bourse_context_new(&bench.context, &context_options) != BOURSE_OK) die("no context");
  if (bourse_open(&bench.exchange, bench.context, "binance", &options) != BOURSE_OK)
    die(bourse_context_error(bench.context)->message);
  bench.easy = curl_easy_init();
  if (bench.easy == NULL || curl_easy_setopt(bench.easy, CURLOPT_URL, bench.time_url) != CURLE_OK ||
      curl_easy_setopt(bench.easy, CURLOPT_NOSIGNAL, 1L) != CURLE_OK ||
      curl_easy_setopt(bench.easy, CURLOPT_USERAGENT, "bench/1") != CURLE_OK ||
      curl_easy_setopt(bench.easy, CURLOPT_ACCEPT_ENCODING, "") != CURLE_OK ||
      curl_easy_setopt(bench.easy, CURLOPT_WRITEFUNCTION, on_body) != CURLE_OK)
    die("libcurl");
  /* Connected, and everything that is done once is done. */
  char request[sizeof bench.last_request];
  library_once();
  library_once();
  memcpy(request, bench.last_request, sizeof request);
  curl_once();
  curl_once();
  if (strcmp(request, bench.last_request) != 0) {
    fprintf(stderr, "%s---\n%s", request, bench.last_request);
    die("the two do not send the same");
  }
}

static void tear_down(void) {
  curl_easy_cleanup(bench.easy);
  bourse_close(bench.exchange);
  bourse_context_free(bench.context);
}

static int count(const char *who) {
  for (int i = 0; i < TIMES; i++) {
    if (strcmp(who, "library") == 0)
      library_once();
    else
      curl_once();
  }
  return printf("%d\n", TIMES) < 0;
}

static int64_t worked_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void time_batch(void (*once)(void), double *passed, double *worked) {
  int64_t begin = clock_ns(), begin_worked = worked_ns();
  for (int i = 0; i < BATCH; i++) once();
  *passed = (double)(clock_ns() - begin) / BATCH;
  *worked = (double)(worked_ns() - begin_worked) / BATCH;
}

/* Which of the two comes first alternates, too. */
static int time_all(void) {
  double library[ROUNDS], curl[ROUNDS], library_cpu[ROUNDS], curl_cpu[ROUNDS];
  for (int round = 0; round < ROUNDS; round++) {
    if (round % 2 == 0) time_batch(library_once, &library[round], &library_cpu[round]);
    time_batch(curl_once, &curl[round], &curl_cpu[round]);
    if (round % 2 == 1) time_batch(library_once, &library[round], &library_cpu[round]);
  }
  return printf("library %.0f\ncurl %.0f\nlibrary_cpu %.0f\ncurl_cpu %.0f\n", clock_median(library, ROUNDS),
                clock_median(curl, ROUNDS), clock_median(library_cpu, ROUNDS), clock_median(curl_cpu, ROUNDS)) < 0;
}

int main(int argc, char **argv) {
  int status = 2;
  cpu_set_t here;
  if (argc > 2) bench.delay_us = (useconds_t)strtoul(argv[2], NULL, 10);
  CPU_ZERO(&here);
  CPU_SET((size_t)sched_getcpu(), &here);
  if (sched_setaffinity(0, sizeof here, &here) != 0) die("one processor");
  set_up();
  if (argc > 3 && strcmp(argv[1], "count") == 0)
    status = count(argv[3]);
  else if (argc > 2 && strcmp(argv[1], "time") == 0)
    status = time_all();
  else
    fprintf(stderr, "usage: rest count DELAY library|curl; rest time DELAY\n");
  tear_down();
  return status;
}
