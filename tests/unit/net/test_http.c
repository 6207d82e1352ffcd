/* Requests: how they go out, how they end, and that they go out once. */
#include "net/http.h"

#include <poll.h>
#include <sys/resource.h>

#include <bourse/base.h>

#include "net/client.h"
#include "net/no_sockets.h"
#include "net/server.h"
#include "support/few.h"

#define MS 1000000LL

/* Answers by path. The newest request is kept for looking at. */
static pthread_mutex_t seen_lock = PTHREAD_MUTEX_INITIALIZER;
static char seen_head[8192];
static char seen_body[65536];
static size_t seen_body_length;

static int path_is(const server_request *r, const char *path) {
  const char *at = strchr(r->head, ' ');
  return at != NULL && strncmp(at + 1, path, strlen(path)) == 0;
}

static void reset_connection(int fd) {
  struct linger now = {1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

static int serve(const server_request *r, void *user_data) {
  (void)user_data;
  pthread_mutex_lock(&seen_lock);
  snprintf(seen_head, sizeof seen_head, "%s", r->head);
  snprintf(seen_body, sizeof seen_body, "%s", r->body);
  seen_body_length = r->body_length;
  pthread_mutex_unlock(&seen_lock);
  if (path_is(r, "/die")) return 0;
  if (path_is(r, "/reset")) {
    reset_connection(r->fd);
    return 0;
  }
  if (path_is(r, "/silent")) {
    char byte;
    while (recv(r->fd, &byte, 1, 0) > 0) continue;
    return 0;
  }
  if (path_is(r, "/part")) {
    server_text(r->fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    char byte;
    while (recv(r->fd, &byte, 1, 0) > 0) continue;
    return 0;
  }
  if (path_is(r, "/drip")) {
    server_text(r->fd, "HTTP/1.1 200 OK\r\nX-Drip: yes\r\nContent-Length: 100000\r\n\r\n");
    for (int i = 0; i < 100000 && !atomic_load(&r->from->stopping); i++) {
      if (send(r->fd, "x", 1, MSG_NOSIGNAL) != 1) return 0;
      usleep(5000);
    }
    return 0;
  }
  if (path_is(r, "/then-close")) {
    server_reply(r->fd, 200, "", "bye", 3);
    return 0;
  }
  if (strncmp(r->head, "HEAD ", 5) == 0) {
    server_text(r->fd, "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n");
    return 1;
  }
  server_reply(r->fd, 200, "X-Test: Value\r\n", "hello", 5);
  return 1;
}

static int head_has(const char *text) {
  pthread_mutex_lock(&seen_lock);
  int has = strcasestr(seen_head, text) != NULL;
  pthread_mutex_unlock(&seen_lock);
  return has;
}

TEST(a_get_brings_status_headers_body_and_times) {
  server *s = server_start(serve, NULL);
  client c = client_open();
  char url[200], agent[64];
  outcome o = {0};
  int64_t before = bourse__loop_monotonic_ns(c.loop), utc = bourse__loop_now_ns(c.loop);
  bourse_http_header headers[] = {{"X-Key", "abc"}, {"X-Empty", ""}};
  bourse_http_request request = client_request("GET", client_url(url, s->port, "/a?b=c%20d"));
  request.headers = headers;
  request.header_count = 2;
  CHECK_INT(client_send(&c, &o, &request), BOURSE_OK);
  CHECK_INT(bourse__http_pending(c.http), 1);
  client_wait(&c, &o);
  CHECK_INT(bourse__http_pending(c.http), 0);
  CHECK_INT(o.error, BOURSE_OK);
  CHECK_INT(o.status, 200);
  CHECK_STR(o.body, "hello");
  CHECK_INT(o.sent, BOURSE_YES);
  CHECK_STR(o.headers, "content-length=5\nx-test=Value\n");
  CHECK(o.sent_ns >= before && o.received_monotonic_ns >= o.sent_ns);
  CHECK(o.received_ns >= utc && o.received_ns <= bourse__loop_now_ns(c.loop));
  CHECK(head_has("GET /a?b=c%20d HTTP/1.1\r\n"));
  CHECK(head_has("\r\nX-Key: abc\r\n"));
  CHECK(head_has("\r\nX-Empty:\r\n"));
  CHECK(head_has("\r\nAccept-Encoding: "));
  CHECK(!head_has("\r\nContent-Length"));
  snprintf(agent, sizeof agent, "\r\nUser-Agent: libbourse/%s\r\n", bourse_version());
  CHECK(head_has(agent));
  outcome_free(&o);
  client_close(&c);
  server_stop(s);
}

TEST(connections_are_kept_and_used_again) {
  server *s = server_start(serve, NULL);
  client c = client_open();
  char url[200];
  outcome o = {0};
  for (int i = 0; i < 6; i++) {
    client_do(&c, &o, i % 2 == 0 ? "GET" : "POST", client_url(url, s->port, "/"), i % 2 == 0 ? NULL : "x=1");
    CHECK_INT(o.error, BOURSE_OK);
    outcome_free(&o);
  }
  CHECK_INT(atomic_load(&s->connections), 1);
  CHECK_INT(atomic_load(&s->requests), 6);
  client_close(&c);
  server_stop(s);
}

/* One handle is used for all of these in turn: nothing of one request may show in the next. */
TEST(every_method_goes_out_as_it_should) {
  server *s = server_start(serve, NULL);
  client c = client_open();
  char url[200];
  outcome o = {0};
  client_url(url, s->port, "/m");
  static const struct {
    const char *method, *body, *length;
  } cases[] = {
      {"POST", "{\"a\":1}", "\r\nContent-Length: 7\r\n"},
      {"GET", NULL, NULL},
      {"POST", NULL, "\r\nContent-Length: 0\r\n"},
      {"DELETE", NULL, NULL},
      {"PUT", NULL, "\r\nContent-Length: 0\r\n"},
      {"HEAD", NULL, NULL},
      {"DELETE", "x", "\r\nContent-Length: 1\r\n"},
      {"PUT", "yz", "\r\nContent-Length: 2\r\n"},
      {"GET", NULL, NULL},
      {"PATCH", "q", "\r\nContent-Length: 1\r\n"},
      {"GET", "body", "\r\nContent-Length: 4\r\n"},
      {"HEAD", NULL, NULL},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char line[32];
    client_do(&c, &o, cases[i].method, url, cases[i].body);
    CHECK_INT(o.error, BOURSE_OK);
    CHECK_STR(o.body, strcmp(cases[i].method, "HEAD") == 0 ? "" : "hello");
    snprintf(line, sizeof line, "%s /m HTTP/1.1\r\n", cases[i].method);
    CHECK(strncmp(seen_head, line, strlen(line)) == 0);
    CHECK_STR(seen_body, cases[i].body != NULL ? cases[i].body : "");
    if (cases[i].length != NULL) CHECK(head_has(cases[i].length));
    if (cases[i].length == NULL) CHECK(!head_has("Content-Length"));
    CHECK(!head_has("Content-Type"));
    CHECK(!head_has("Expect"));
    CHECK(!head_has("X-Once"));
    outcome_free(&o);
    if (i == 0) {
      bourse_http_header header = {"x-once", "1"};
      bourse_http_request request = client_request("POST", url);
      request.headers = &header, request.header_count = 1;
      request.body = "{}", request.body_length = 2;
      CHECK_INT(client_send(&c, &o, &request), BOURSE_OK);
      client_wait(&c, &o);
      CHECK(head_has("x-once: 1"));
      outcome_free(&o);
    }
  }
  CHECK_INT(atomic_load(&s->connections), 1);
  client_close(&c);
  server_stop(s);
}

TEST(a_long_body_goes_out_whole_with_its_type) {
  server *s = server_start(serve, NULL);
  client c = client_open();
  char url[200], *body = malloc(900000);
  outcome o = {0};
  memset(body, 'b', 900000);
  bourse_http_header header = {"content-TYPE", "application/json"};
  bourse_http_request request = client_request("POST", client_url(url, s->port, "/"));
  request.headers = &header;
  request.header_count = 1;
  request.body = body;
  request.body_length = 900000;
  CHECK_INT(client_send(&c, &o, &request), BOURSE_OK);
  client_wait(&c, &o);
  CHECK_INT(o.error, BOURSE_OK);
  CHECK_INT(seen_body_length, 900000);
  CHECK(head_has("\r\ncontent-TYPE: application/json\r\n"));
  CHECK(!head_has("x-www-form-urlencoded"));
  CHECK(!head_has("Expect"));
  outcome_free(&o);
  free(body);
  client_close(&c);
  server_stop(s);
}

TEST(malformed_requests_are_refused) {
  client c = client_open();
  outcome o = {0};
  bourse_http_header header = {"Good", "good"};
  for (int i = 0; i < 17; i++) {
    bourse_http_request r = client_request("GET", "http://127.0.0.1:1/");
    bourse_http_header h = header;
    r.headers = &h;
    r.header_count = 1;
    if (i == 0) r.method = NULL;
    if (i == 1) r.method = "";
    if (i == 2) r.method = "GET /evil HTTP/1.1\r\n";
    if (i == 3) r.url = NULL;
    if (i == 4) r.url = "ftp://127.0.0.1/";
    if (i == 5) r.url = "file:///etc/passwd";
    if (i == 6) r.url = "http://127.0.0.1/\r\nX: y";
    if (i == 7) r.url = "http://127.0.0.1/a b";
    if (i == 8) r.timeout_ms = 0;
    if (i == 9) r.timeout_ms = -5;
    if (i == 10) r.reply_size_max = 0;
    if (i == 11) h.name = "Bad Name";
    if (i == 12) h.name = "";
    if (i == 13) h.value = "a\r\nInjected: 1";
    if (i == 14) h.value = NULL;
    if (i == 15) r.body_length = 3;
    if (i == 16) r.headers = NULL;
    CHECK_INT(client_send(&c, &o, &r), BOURSE_ERROR_ARGUMENT);
  }
  CHECK_INT(bourse__http_pending(c.http), 0);
  client_run_for(&c, 5);
  CHECK_INT(o.completed, 0);
  client_close(&c);
}

TEST(bad_options_are_refused) {
  bourse__loop *loop = NULL;
  bourse__http *http = (void *)&loop;
  CHECK_INT(bourse__loop_new(&loop, &bourse__default_allocator, NULL), BOURSE_OK);
  bourse__http_options no_file = {.ca_file = "/nonexistent/ca.pem"}, negative = {.connect_timeout_ms = -1},
                       agent = {.user_agent = "a\r\nb"};
  CHECK_INT(bourse__http_new(&http, loop, &bourse__default_allocator, &no_file), BOURSE_ERROR_ARGUMENT);
  CHECK(http == NULL);
  CHECK_INT(bourse__http_new(&http, loop, &bourse__default_allocator, &negative), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__http_new(&http, loop, &bourse__default_allocator, &agent), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__http_new(&http, loop, &bourse__default_allocator, NULL), BOURSE_OK);
  bourse__http_free(http);
  bourse__http_free(NULL);
  bourse__loop_free(loop);
}

/* The proof: `method path` on a kept-alive connection whose server reads it whole, then closes unanswered. */
static void check_sent_once(const char *method, const char *path, const char *body) {
  server *s = server_start(serve, NULL);
  client c = client_open();
  char url[200];
  outcome o = {0};
  client_do(&c, &o, "POST", client_url(url, s->port, "/first"), "x=1");
  CHECK_INT(o.error, BOURSE_OK);
  outcome_free(&o);
  client_do(&c, &o, method, client_url(url, s->port, path), body);
  CHECK_INT(o.error, BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(o.sent, BOURSE_YES);
  CHECK_INT(o.status, 0);
  client_run_for(&c, 50);
  if (atomic_load(&s->requests) != 2) TEST_FAIL("%s %s was seen %d times", method, path, atomic_load(&s->requests) - 1);
  outcome_free(&o);
  client_do(&c, &o, "POST", client_url(url, s->port, "/after"), "x=1"); /* the next one is none the worse */
  CHECK_INT(o.error, BOURSE_OK);
  CHECK_STR(o.body, "hello");
  outcome_free(&o);
  client_close(&c);
  server_stop(s);
}

TEST(what_is_no_get_is_never_sent_twice) {
  check_sent_once("POST", "/die", "symbol=BTCUSDT&side=BUY");
  check_sent_once("POST", "/die", NULL);
  check_sent_once("DELETE", "/die", NULL);
  check_sent_once("DELETE", "/die", "{}");
  check_sent_once("PUT", "/die", "{}");
  check_sent_once("PATCH", "/die", "{}");
  check_sent_once("POST", "/reset", "symbol=BTCUSDT&side=BUY");
  check_sent_once("DELETE", "/reset", NULL);
}

TEST(a_get_may_be_repeated_on_a_new_connection) {
  server *s = server_start(serve, NULL);
  client c = client_open();
  char url[200];
  outcome o = {0};
  client_do(&c, &o, "GET", client_url(url, s->port, "/first"), NULL);
  outcome_free(&o);
  client_do(&c, &o, "GET", client_url(url, s->port, "/die"), NULL);
  CHECK_INT(o.error, BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(o.sent, BOURSE_YES);
  CHECK_INT(atomic_load(&s->requests), 3); /* the first, and this one on the old and on a new connection */
  outcome_free(&o);
  client_close(&c);
  server_stop(s);
}

TEST(a_connection_the_server_closed_while_idle_is_no_failure) {
  server *s = server_start(serve, NULL);
  client c = client_open();
  char url[200];
  outcome o = {0};
  for (int i = 0; i < 4; i++) {
    client_do(&c, &o, "POST", client_url(url, s->port, "/then-close"), "x=1");
    CHECK_INT(o.error, BOURSE_OK);
    CHECK_STR(o.body, "bye");
    outcome_free(&o);
    client_run_for(&c, 20);
    /* The loop sees the close and must not be kept busy by it. */
    CHECK_INT(bourse__loop_run(c.loop, 0), 0);
  }
  CHECK_INT(atomic_load(&s->connections), 4);
  client_close(&c);
  server_stop(s);
}

TEST(a_refused_connection_is_told_in_run_and_not_in_send) {
  server *s = server_start(serve, NULL);
  int port = s->port;
  server_stop(s);
  client c = client_open();
  char url[200];
  outcome o = {0};
  bourse_http_request request = client_request("POST", client_url(url, port, "/"));
  CHECK_INT(client_send(&c, &o, &request), BOURSE_OK);
  CHECK_INT(o.completed, 0);
  client_wait(&c, &o);
  CHECK_INT(o.error, BOURSE_ERROR_CONNECT);
  CHECK_INT(o.sent, BOURSE_NO);
  CHECK_INT(o.sent_ns, 0);
  CHECK(strlen(o.text) > 0);
  outcome_free(&o);
  client_close(&c);
}

static void check_timeout(const char *url, const bourse__http_options *options, int32_t error, int32_t sent,
                          int32_t status, int64_t timeout_ms) {
  client c = client_open_with(&bourse__default_allocator, NULL, *options);
  outcome o = {0};
  bourse_http_request request = client_request("POST", url);
  request.timeout_ms = timeout_ms;
  int64_t before = bourse__loop_monotonic_ns(c.loop);
  CHECK_INT(client_send(&c, &o, &request), BOURSE_OK);
  client_wait(&c, &o);
  int64_t took = bourse__loop_monotonic_ns(c.loop) - before;
  CHECK(took >= 99 * MS && took < 5000 * MS);
  CHECK_INT(o.error, error);
  CHECK_INT(o.sent, sent);
  CHECK_INT(o.status, status);
  CHECK_INT(o.body_length, 0);
  CHECK(strlen(o.text) > 0);
  outcome_free(&o);
  client_close(&c);
}

static void *ignore_connections(void *argument) {
  int fds[16], count = 0, listener = *(int *)argument;
  while (count < 16 && (fds[count] = accept(listener, NULL, NULL)) >= 0) count++;
  while (count > 0) close(fds[--count]);
  return NULL;
}

TEST(the_deadline_holds_in_every_phase) {
  server *s = server_start(serve, NULL);
  bourse__http_options none = {0}, hasty = {.connect_timeout_ms = 100};
  char url[200];
  check_timeout(client_url(url, s->port, "/silent"), &none, BOURSE_ERROR_TIMEOUT, BOURSE_YES, 0, 100);
  check_timeout(client_url(url, s->port, "/drip"), &none, BOURSE_ERROR_TIMEOUT, BOURSE_YES, 200, 150);
  server_stop(s);
  /* A server that takes the connection and never says a word: TLS does not come about. */
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  pthread_t thread;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  CHECK_INT(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
  CHECK_INT(listen(listener, 16), 0);
  getsockname(listener, (struct sockaddr *)&address, &length);
  CHECK_INT(pthread_create(&thread, NULL, ignore_connections, &listener), 0);
  snprintf(url, sizeof url, "https://127.0.0.1:%d/", ntohs(address.sin_port));
  check_timeout(url, &none, BOURSE_ERROR_TIMEOUT, BOURSE_NO, 0, 100);
  check_timeout(url, &hasty, BOURSE_ERROR_CONNECT, BOURSE_NO, 0, 4000);
  shutdown(listener, SHUT_RDWR);
  pthread_join(thread, NULL);
  close(listener);
}

TEST(the_deadline_holds_while_waiting_for_a_connection) {
  server *s = server_start(serve, NULL);
  client c = client_open_with(&bourse__default_allocator, NULL, (bourse__http_options){.max_connections_per_host = 1});
  char url[200];
  outcome busy = {0}, queued = {0};
  bourse_http_request request = client_request("POST", client_url(url, s->port, "/silent"));
  CHECK_INT(client_send(&c, &busy, &request), BOURSE_OK);
  client_run_for(&c, 30);
  request.timeout_ms = 100;
  CHECK_INT(client_send(&c, &queued, &request), BOURSE_OK);
  client_wait(&c, &queued);
  CHECK_INT(queued.error, BOURSE_ERROR_TIMEOUT);
  CHECK_INT(queued.sent, BOURSE_NO);
  CHECK_INT(busy.completed, 0);
  CHECK_INT(atomic_load(&s->requests), 1);
  outcome_free(&queued);
  client_close(&c);
  CHECK_INT(busy.completed, 0);
  server_stop(s);
}

TEST(canceling_works_in_every_phase) {
  server *s = server_start(serve, NULL);
  client c = client_open_with(&bourse__default_allocator, NULL, (bourse__http_options){.max_connections_per_host = 3});
  static const char *const paths[] = {"/silent", "/part", "/drip"};
  char url[200];
  outcome o = {0}, all[3] = {{0}}, queued = {0};
  bourse_http_request request = client_request("POST", client_url(url, s->port, "/"));
  CHECK_INT(client_send(&c, &o, &request), BOURSE_OK); /* at once: not yet connected, or just so */
  client_cancel(&c, &o);
  client_cancel(&c, &o);
  request.url = "http://a-name-that-does-not-exist.invalid/"; /* looking up */
  CHECK_INT(client_send(&c, &o, &request), BOURSE_OK);
  int64_t before = bourse__loop_monotonic_ns(c.loop);
  client_cancel(&c, &o);
  CHECK(bourse__loop_monotonic_ns(c.loop) - before < 1000 * MS);
  char urls[3][200];
  for (int i = 0; i < 3; i++) {
    request.url = client_url(urls[i], s->port, paths[i]);
    CHECK_INT(client_send(&c, &all[i], &request), BOURSE_OK);
  }
  client_run_for(&c, 100);
  CHECK_INT(client_send(&c, &queued, &request), BOURSE_OK); /* all connections are busy */
  client_run_for(&c, 10);
  client_cancel(&c, &queued);
  for (int i = 0; i < 3; i++) client_cancel(&c, &all[i]);
  CHECK_INT(bourse__http_pending(c.http), 0);
  client_run_for(&c, 50);
  CHECK_INT(o.completed + queued.completed + all[0].completed + all[1].completed + all[2].completed, 0);
  /* No rest of another's reply is taken for this one's. */
  client_do(&c, &o, "POST", client_url(url, s->port, "/after"), "x");
  CHECK_INT(o.error, BOURSE_OK);
  CHECK_STR(o.body, "hello");
  client_cancel(&c, &o); /* done already */
  outcome_free(&o);
  client_close(&c);
  server_stop(s);
}

TEST(freeing_with_requests_under_way_completes_none) {
  server *s = server_start(serve, NULL);
  client c = client_open();
  static const char *const paths[] = {"/silent", "/part", "/drip", "/ok"};
  char urls[4][200];
  outcome all[5] = {{0}};
  bourse_http_request request = client_request("GET", "");
  for (int i = 0; i < 3; i++) {
    request.url = client_url(urls[i], s->port, paths[i]);
    CHECK_INT(client_send(&c, &all[i], &request), BOURSE_OK);
  }
  client_run_for(&c, 50);
  request.url = client_url(urls[3], s->port, paths[3]);
  CHECK_INT(client_send(&c, &all[3], &request), BOURSE_OK);
  request.url = "http://another-name-that-does-not-exist.invalid/";
  CHECK_INT(client_send(&c, &all[4], &request), BOURSE_OK);
  client_close(&c);
  for (int i = 0; i < 5; i++) CHECK_INT(all[i].completed, 0);
  server_stop(s);
}

TEST(two_hundred_requests_at_once) {
  enum { COUNT = 200 };
  server *s = server_start(serve, NULL);
  client c = client_open();
  static outcome all[COUNT];
  char url[200];
  bourse_http_request request = client_request("GET", client_url(url, s->port, "/"));
  for (int i = 0; i < COUNT; i++) CHECK_INT(client_send(&c, &all[i], &request), BOURSE_OK);
  CHECK_INT(bourse__http_pending(c.http), COUNT);
  for (int i = 0; i < COUNT; i++) {
    client_wait(&c, &all[i]);
    CHECK_INT(all[i].error, BOURSE_OK);
    CHECK_STR(all[i].body, "hello");
    outcome_free(&all[i]);
  }
  CHECK_INT(atomic_load(&s->requests), COUNT);
  CHECK(atomic_load(&s->connections) <= 8);
  client_close(&c);
  server_stop(s);
}

TEST(the_loops_descriptor_alone_drives_it) {
  server *s = server_start(serve, NULL);
  client c = client_open();
  char url[200];
  outcome o = {0};
  bourse_http_request request = client_request("GET", client_url(url, s->port, "/"));
  for (int i = 0; i < 3; i++) {
    if (i == 2) request.url = client_url(url, s->port, "/silent"), request.timeout_ms = 50;
    CHECK_INT(client_send(&c, &o, &request), BOURSE_OK);
    struct pollfd p = {.fd = bourse__loop_fd(c.loop), .events = POLLIN};
    while (!o.completed && poll(&p, 1, 20000) == 1) bourse__loop_run(c.loop, 0);
    CHECK_INT(o.completed, 1);
    CHECK_INT(o.error, i == 2 ? BOURSE_ERROR_TIMEOUT : BOURSE_OK);
    outcome_free(&o);
  }
  client_close(&c);
  server_stop(s);
}

typedef struct manual {
  int64_t now;
  int64_t monotonic;
} manual;

static int64_t manual_now(void *user_data) { return ((manual *)user_data)->now; }
static int64_t manual_monotonic(void *user_data) { return ((manual *)user_data)->monotonic; }

TEST(deadlines_are_in_the_hosts_time) {
  server *s = server_start(serve, NULL);
  manual m = {.now = 77, .monotonic = 1000};
  bourse_clock clock = {&m, manual_now, manual_monotonic};
  client c = client_open_with(&bourse__default_allocator, &clock, (bourse__http_options){0});
  char url[200];
  outcome o = {0};
  bourse_http_request request = client_request("GET", client_url(url, s->port, "/silent"));
  request.timeout_ms = 3600000;
  CHECK_INT(client_send(&c, &o, &request), BOURSE_OK);
  for (int i = 0; i < 100; i++) {
    usleep(1000);
    m.monotonic += MS;
    bourse__loop_run(c.loop, 1000);
  }
  CHECK_INT(o.completed, 0);
  m.monotonic += 3600000 * MS;
  bourse__loop_run(c.loop, 0);
  CHECK_INT(o.completed, 1);
  CHECK_INT(o.error, BOURSE_ERROR_TIMEOUT);
  CHECK_INT(o.received_ns, 77);
  CHECK(o.sent_ns >= 1000 && o.sent_ns < 1000 + 200 * MS);
  outcome_free(&o);
  client_close(&c);
  server_stop(s);
}

/* Completions that send and cancel. */
typedef struct chain {
  client *c;
  outcome outcomes[6];
  outcome victim;
  int at;
  const char *url;
} chain;

static void send_next(outcome *o) {
  chain *ch = o->user_data;
  bourse_http_request request = client_request("POST", ch->url);
  if (ch->at == 3) client_cancel(ch->c, &ch->victim);
  client_cancel(ch->c, o); /* itself: completed already */
  if (++ch->at >= 6) return;
  outcome *next = &ch->outcomes[ch->at];
  next->then = send_next;
  next->user_data = ch;
  CHECK_INT(client_send(ch->c, next, &request), BOURSE_OK);
  CHECK_INT(next->completed, 0);
}

static void check_chain(const char *url, const char *victim_url, int32_t error) {
  client c = client_open();
  chain ch = {.c = &c, .url = url};
  bourse_http_request request = client_request("GET", victim_url);
  CHECK_INT(client_send(&c, &ch.victim, &request), BOURSE_OK);
  client_run_for(&c, 20);
  request.url = url;
  ch.outcomes[0].then = send_next;
  ch.outcomes[0].user_data = &ch;
  CHECK_INT(client_send(&c, &ch.outcomes[0], &request), BOURSE_OK);
  while (ch.at < 6) CHECK(bourse__loop_run(c.loop, 10000) > 0);
  for (int i = 0; i < 6; i++) {
    CHECK_INT(ch.outcomes[i].completed, 1);
    CHECK_INT(ch.outcomes[i].error, error);
    outcome_free(&ch.outcomes[i]);
  }
  CHECK_INT(ch.victim.completed, 0);
  CHECK_INT(bourse__http_pending(c.http), 0);
  client_close(&c);
}

TEST(completions_may_send_and_cancel) {
  server *s = server_start(serve, NULL);
  char url[200], victim[200];
  check_chain(client_url(url, s->port, "/"), client_url(victim, s->port, "/silent"), BOURSE_OK);
  check_chain("http://127.0.0.1:1/", victim, BOURSE_ERROR_CONNECT); /* each fails inside send already */
  server_stop(s);
}

/* The n-th allocation fails, for every n: send says so, or the completion does, and nothing is lost. */
TEST(want_of_memory_is_told_and_leaks_nothing) {
  int left;
  const bourse_allocator failing = few_allocator(&left);
  server *s = server_start(serve, NULL);
  bourse__loop *loop = NULL;
  CHECK_INT(bourse__loop_new(&loop, &bourse__default_allocator, NULL), BOURSE_OK);
  char url[200];
  snprintf(url, sizeof url, "http://localhost:%d/", s->port); /* a name: its look-up needs a socket of its own */
  int n = 0, whole = 0, refused = 0, failed = 0;
  for (; !whole && n < 40; n++) {
    left = n;
    bourse__http_options options = {.proxy = ""};
    client c = {.loop = loop};
    int32_t error = bourse__http_new(&c.http, loop, &failing, &options);
    CHECK(error == BOURSE_OK || error == BOURSE_ERROR_MEMORY);
    if (error != BOURSE_OK) continue;
    bourse__http_transport(c.http, &c.transport);
    outcome o = {0};
    bourse_http_request request = client_request("POST", url);
    error = client_send(&c, &o, &request);
    CHECK(error == BOURSE_OK || error == BOURSE_ERROR_MEMORY);
    if (error == BOURSE_OK) {
      client_wait(&c, &o);
      if (o.error != BOURSE_OK) CHECK_INT(o.error, BOURSE_ERROR_MEMORY);
      failed += o.error != BOURSE_OK;
      whole = o.error == BOURSE_OK;
      outcome_free(&o);
    } else {
      refused++;
    }
    bourse__http_free(c.http);
  }
  CHECK(whole && n > 6);
  CHECK(refused > 0 && failed > 0);
  bourse__loop_free(loop);
  server_stop(s);
}

static char logged[4096];

static void write_log(void *user_data, int32_t level, const char *message) {
  (void)user_data;
  size_t used = strlen(logged);
  snprintf(logged + used, sizeof logged - used, "%d %s\n", (int)level, message);
}

TEST(the_log_shows_no_query) {
  server *s = server_start(serve, NULL);
  bourse__log log = {write_log, NULL, 4};
  client c = client_open_with(&bourse__default_allocator, NULL, (bourse__http_options){.log = &log});
  char url[200];
  outcome o = {0};
  client_do(&c, &o, "GET", client_url(url, s->port, "/path?signature=secret"), NULL);
  outcome_free(&o);
  client_do(&c, &o, "POST", client_url(url, s->port, "/die?signature=secret"), "secret");
  outcome_free(&o);
  CHECK(strstr(logged, "4 GET http://127.0.0.1:") != NULL);
  CHECK(strstr(logged, "/path: status 200, 5 bytes, ") != NULL);
  CHECK(strstr(logged, "4 POST http://127.0.0.1:") != NULL);
  CHECK(strstr(logged, "secret") == NULL);
  client_close(&c);
  server_stop(s);
}

TEST_MAIN()
