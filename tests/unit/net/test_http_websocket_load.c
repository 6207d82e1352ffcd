/* WebSocket connections under load and in the hands of their callbacks: letting go and sending inside them, pausing, peers
 * that do not read or ping without end, many connections, and want of memory. */
#include <dirent.h>
#include <malloc.h>

#include "net/ws_client.h"
#include "net/ws_server.h"
#include "support/few.h"

#define MS 1000000LL

static int path_is(const ws_peer *peer, const char *path) { return strncmp(peer->head + 4, path, strlen(path)) == 0; }

/* 500 numbered frames in one write, and then an echo. */
static void serve(ws_peer *peer, void *user_data) {
  ws_frame_in in = {0};
  int opcode;
  (void)user_data;
  if (path_is(peer, "/rest")) {
    ws_refuse(peer, 200, NULL, "plain reply");
    return;
  }
  ws_accept(peer, NULL);
  if (path_is(peer, "/many")) {
    static const int count = 500;
    uint8_t *frames = malloc(500 * 400);
    size_t length = 0;
    for (int i = 0; i < count; i++) {
      char text[300];
      int n = snprintf(text, sizeof text, "%d:%0*d", i, 1 + i % 200, i);
      length += ws_frame_write(frames + length, 0x81, text, (size_t)n);
    }
    ws_write(peer, frames, length);
    free(frames);
  }
  while ((opcode = ws_read(peer, &in)) >= 0 && opcode != WS_CLOSE)
    if (opcode == WS_TEXT || opcode == WS_BINARY) ws_send(peer, opcode, in.payload, in.length);
  ws_frame_free(&in);
}

static void in_order(wire *w, const char *bytes, size_t length) {
  CHECK_INT(atoi(bytes), w->messages - 1);
  CHECK(length > 2);
}

static wire *open_to(wire *w, client *c, int port, const char *path) {
  char url[200];
  bourse_socket_request request = wire_request(wire_url(url, port, path));
  CHECK_INT(wire_connect(w, c, &request), BOURSE_OK);
  return w;
}

TEST(all_frames_of_a_read_are_handed_over_in_order) {
  ws_server *s = ws_server_start(serve, NULL);
  client c = client_open();
  wire w = {.on_message = in_order};
  open_to(&w, &c, s->port, "/many");
  wire_wait(&w, &w.messages, 500);
  wire_disconnect(&w);
  wire_free(&w);
  client_close(&c);
  ws_server_stop(s);
}

/* Callbacks that let go, send, and open. */
static void let_go(wire *w) { wire_disconnect(w); }
static void let_go_at_3(wire *w, const char *bytes, size_t length) {
  (void)bytes, (void)length;
  if (w->messages == 3) wire_disconnect(w);
}
static void let_go_of_other(wire *w, const char *bytes, size_t length) {
  wire *other = w->user_data;
  (void)bytes, (void)length;
  if (w->messages == 3) wire_disconnect(other);
}
static void use_after_the_end(wire *w) {
  CHECK_INT(wire_text(w, "x"), BOURSE_ERROR_STATE);
  wire_pause(w, 1);
  wire_disconnect(w);
}
static void send_at_once(wire *w) { CHECK_INT(wire_text(w, "from the callback"), BOURSE_OK); }

TEST(callbacks_may_let_go) {
  ws_server *s = ws_server_start(serve, NULL);
  client c = client_open();
  wire opened = {.on_open = let_go}, third = {.on_message = let_go_at_3}, other = {0};
  wire ended = {.on_closed = use_after_the_end}, refused = {.on_closed = use_after_the_end};
  wire killer = {.on_message = let_go_of_other, .user_data = &other};
  open_to(&opened, &c, s->port, "/many");
  open_to(&third, &c, s->port, "/many");
  open_to(&other, &c, s->port, "/x");
  wire_wait(&other, &other.opened, 1);
  open_to(&killer, &c, s->port, "/many");
  open_to(&refused, &c, s->port, "/rest");
  open_to(&ended, &c, 1, "/");
  wire_wait(&killer, &killer.messages, 500);
  wire_wait(&ended, &ended.closed, 1);
  wire_wait(&refused, &refused.closed, 1);
  client_run_for(&c, 50);
  CHECK_INT(opened.messages + opened.closed, 0);
  CHECK_INT(third.messages, 3);
  CHECK_INT(third.closed + other.closed, 0);
  wire_free(&third), wire_free(&killer);
  client_close(&c);
  ws_server_stop(s);
}

TEST(callbacks_may_send) {
  ws_server *s = ws_server_start(serve, NULL);
  client c = client_open();
  wire w = {.on_open = send_at_once};
  open_to(&w, &c, s->port, "/x");
  wire_wait(&w, &w.messages, 1);
  CHECK_STR(w.last, "from the callback");
  wire_free(&w);
  client_close(&c);
  ws_server_stop(s);
}

/* A connection that fails opens the next in its last callback: the loop comes to an end all the same. */
static int reopened;
static wire chain[50];

static void open_next(wire *w) {
  if (++reopened >= 50) return;
  chain[reopened].on_closed = open_next;
  open_to(&chain[reopened], w->c, 1, "/");
  CHECK_INT(chain[reopened].closed, 0);
}

TEST(callbacks_may_open_others) {
  client c = client_open();
  chain[0].on_closed = open_next;
  open_to(&chain[0], &c, 1, "/");
  for (int i = 0; i < 1000 && reopened < 50; i++) bourse__loop_run(c.loop, 100);
  CHECK_INT(reopened, 50);
  for (int i = 0; i < 50; i++) CHECK_INT(chain[i].error, BOURSE_ERROR_CONNECT);
  client_close(&c);
}

static void open_next_nowhere(wire *w) {
  bourse_socket_request request = wire_request("ws://127.0.0.1:99999/");
  if (++reopened >= 50) return;
  memset(&chain[reopened], 0, sizeof chain[reopened]);
  chain[reopened].on_closed = open_next_nowhere;
  CHECK_INT(wire_connect(&chain[reopened], w->c, &request), BOURSE_OK);
}

/* Each fails at once, and opens the next: one turn of the loop is not all of them. */
TEST(failing_at_once_does_not_keep_the_loop) {
  client c = client_open();
  wire first = {.c = &c};
  reopened = -1;
  open_next_nowhere(&first);
  for (int i = 0; i < 1000 && reopened < 50; i++) {
    int before = reopened;
    bourse__loop_run(c.loop, 100);
    CHECK(reopened - before <= 2);
  }
  CHECK_INT(reopened, 50);
  client_close(&c);
}

/* Pausing. */
static void pause_at_10(wire *w, const char *bytes, size_t length) {
  in_order(w, bytes, length);
  if (w->messages % 100 == 10) wire_pause(w, 1);
}

TEST(what_is_paused_waits_and_comes_whole) {
  ws_server *s = ws_server_start(serve, NULL);
  client c = client_open();
  wire w = {.on_message = pause_at_10};
  open_to(&w, &c, s->port, "/many");
  for (int i = 0; i < 5; i++) {
    wire_wait(&w, &w.messages, i * 100 + 10);
    client_run_for(&c, 10);
    CHECK_INT(w.messages, i * 100 + 10);
    CHECK_INT(wire_text(&w, "500:x"), BOURSE_OK); /* sending goes on */
    wire_pause(&w, 0);
    wire_pause(&w, 0);
  }
  CHECK_INT(bourse__loop_timeout_ms(c.loop), 0);
  w.on_message = NULL;
  wire_wait(&w, &w.messages, 505);
  CHECK_STR(w.last, "500:x");
  wire_free(&w);
  client_close(&c);
  ws_server_stop(s);
}

TEST(a_connection_may_be_paused_before_it_is_open) {
  ws_server *s = ws_server_start(serve, NULL);
  client c = client_open();
  wire w = {.on_message = in_order};
  open_to(&w, &c, s->port, "/many");
  wire_pause(&w, 1);
  wire_wait(&w, &w.opened, 1);
  client_run_for(&c, 20);
  CHECK_INT(w.messages, 0);
  wire_pause(&w, 0);
  wire_wait(&w, &w.messages, 500);
  wire_free(&w);
  client_close(&c);
  ws_server_stop(s);
}

/* While paused, the loop has nothing to do, whatever the peer sends, and even when it is gone. */
static void flood_and_go(ws_peer *peer, void *user_data) {
  (void)user_data;
  ws_accept(peer, NULL);
  for (int i = 0; i < 100; i++) ws_text(peer, "message");
  ws_close(peer, 1001, "gone");
}

TEST(a_paused_connection_does_not_turn_the_loop) {
  ws_server *s = ws_server_start(flood_and_go, NULL);
  client c = client_open();
  wire w = {0};
  open_to(&w, &c, s->port, "/");
  wire_pause(&w, 1);
  wire_wait(&w, &w.opened, 1);
  client_run_for(&c, 30);
  int64_t before = bourse__loop_monotonic_ns(c.loop);
  CHECK_INT(bourse__loop_run(c.loop, 50), 0);
  CHECK(bourse__loop_monotonic_ns(c.loop) - before >= 45 * MS);
  wire_pause(&w, 0);
  wire_wait(&w, &w.closed, 1);
  CHECK_INT(w.messages, 100);
  CHECK_INT(w.close_code, 1001);
  wire_free(&w);
  client_close(&c);
  ws_server_stop(s);
}

/* A peer that does not read for a while. */
static atomic_int may_read, heard_in_order;

static void read_late(ws_peer *peer, void *user_data) {
  ws_frame_in in = {0};
  (void)user_data;
  ws_accept(peer, NULL);
  while (!atomic_load(&may_read) && !ws_stopping(peer)) usleep(1000);
  while (ws_read(peer, &in) == WS_BINARY) {
    int number = atoi(in.payload), right = in.length >= 60000 && number == atomic_load(&heard_in_order);
    for (size_t i = 10; i < in.length && right; i++) right = in.payload[i] == (char)('a' + number % 26);
    if (right) atomic_fetch_add(&heard_in_order, 1);
  }
  ws_send(peer, WS_TEXT, "heard", 5);
  ws_silence(peer);
  ws_frame_free(&in);
}

TEST(what_cannot_be_sent_yet_is_queued_within_bounds) {
  ws_server *s = ws_server_start(read_late, NULL);
  client c = client_open();
  wire w = {0};
  char *message = malloc(60100);
  int sent = 0;
  int32_t error = BOURSE_OK;
  open_to(&w, &c, s->port, "/");
  wire_wait(&w, &w.opened, 1);
  while (sent < 1000) {
    memset(message, 'a' + sent % 26, 60100);
    snprintf(message, 10, "%09d", sent);
    message[9] = ' ';
    error = wire_send(&w, BOURSE_MESSAGE_BINARY, message, 60000 + (size_t)sent % 100);
    if (error != BOURSE_OK) break;
    sent++;
    if (sent % 10 == 0) client_run_for(&c, 1);
  }
  CHECK_INT(error, BOURSE_ERROR_QUEUE_FULL);
  CHECK(sent > 60);
  CHECK_INT(bourse__loop_run(c.loop, 10), 0); /* no turning while the peer does not read */
  atomic_store(&may_read, 1);
  int64_t until = bourse__loop_monotonic_ns(c.loop) + CLIENT_PATIENCE_NS;
  while (wire_text(&w, "end") != BOURSE_OK && bourse__loop_monotonic_ns(c.loop) < until) bourse__loop_run(c.loop, 10);
  wire_wait(&w, &w.messages, 1);
  CHECK_INT(atomic_load(&heard_in_order), sent);
  wire_free(&w);
  free(message);
  client_close(&c);
  ws_server_stop(s);
}

/* Pings without end, from a peer that reads no answer for long. */
static atomic_int answered;

static void ping_flood(ws_peer *peer, void *user_data) {
  ws_frame_in in = {0};
  char payload[126];
  (void)user_data;
  ws_accept(peer, NULL);
  for (int i = 0; i < 100000 && !ws_stopping(peer); i++)
    if (!ws_send(peer, WS_PING, payload, (size_t)snprintf(payload, sizeof payload, "%0120d", i))) return;
  ws_text(peer, "behind the flood");
  while (ws_read(peer, &in) == WS_PONG) {
    CHECK_INT(in.length, 120);
    CHECK_INT(in.masked, 1);
    atomic_fetch_add(&answered, 1);
    if (atoi(in.payload) == 99999) break;
  }
  ws_text(peer, in.payload != NULL ? in.payload : "");
  ws_frame_free(&in);
  ws_silence(peer);
}

static size_t memory_in_use(void) { return mallinfo2().uordblks; }

TEST(a_flood_of_pings_grows_nothing) {
  ws_server *s = ws_server_start(ping_flood, NULL);
  client c = client_open();
  wire w = {0};
  open_to(&w, &c, s->port, "/");
  wire_wait(&w, &w.opened, 1);
  size_t before = memory_in_use();
  wire_wait(&w, &w.messages, 1);
  CHECK_STR(w.last, "behind the flood");
  wire_wait(&w, &w.messages, 2);
  CHECK_INT(atoi(w.last), 99999); /* the last ping was answered */
  CHECK(memory_in_use() < before + 200000);
  CHECK(atomic_load(&answered) > 100);
  wire_free(&w);
  client_close(&c);
  ws_server_stop(s);
}

/* Nobody is there any more, and nothing says so: that is for the watcher above to find out. */
static void silence(ws_peer *peer, void *user_data) {
  (void)user_data;
  ws_accept(peer, NULL);
  while (!ws_stopping(peer)) usleep(1000);
}

TEST(silence_is_not_an_end) {
  ws_server *s = ws_server_start(silence, NULL);
  client c = client_open();
  wire w = {0};
  char url[200];
  bourse_socket_request request = wire_request(wire_url(url, s->port, "/"));
  request.timeout_ms = 100;
  CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
  wire_wait(&w, &w.opened, 1);
  CHECK_INT(bourse__loop_timeout_ms(c.loop), -1); /* its deadline was for the upgrade */
  CHECK_INT(wire_send(&w, BOURSE_MESSAGE_PING, "there?", 6), BOURSE_OK);
  client_run_for(&c, 150);
  CHECK_INT(w.pongs + w.closed, 0);
  wire_disconnect(&w);
  client_close(&c);
  ws_server_stop(s);
}

/* Many connections to one host leave room for requests to it, and each other alone. */
TEST(connections_do_not_count_against_requests) {
  enum { COUNT = 40 };
  ws_server *s = ws_server_start(serve, NULL);
  client c = client_open();
  static wire all[COUNT];
  char url[200];
  outcome o = {0};
  for (int i = 0; i < COUNT; i++) open_to(&all[i], &c, s->port, "/x");
  for (int i = 0; i < COUNT; i++) wire_wait(&all[i], &all[i].opened, 1);
  client_do(&c, &o, "GET", client_url(url, s->port, "/rest"), NULL);
  CHECK_STR(o.body, "plain reply");
  outcome_free(&o);
  for (int i = 0; i < COUNT; i += 2) wire_disconnect(&all[i]);
  for (int i = 1; i < COUNT; i += 2) CHECK_INT(wire_text(&all[i], "still here"), BOURSE_OK);
  for (int i = 1; i < COUNT; i += 2) {
    wire_wait(&all[i], &all[i].messages, 1);
    CHECK_STR(all[i].last, "still here");
    wire_free(&all[i]);
  }
  client_close(&c);
  ws_server_stop(s);
}

static int open_descriptors(void) {
  DIR *directory = opendir("/proc/self/fd");
  int count = 0;
  while (directory != NULL && readdir(directory) != NULL) count++;
  if (directory != NULL) closedir(directory);
  return count;
}

static void greet_and_go(ws_peer *peer, void *user_data) {
  (void)user_data;
  ws_accept(peer, NULL);
  ws_text(peer, "hello");
  if (peer->number % 3 == 0)
    ws_close(peer, 1001, "");
  else if (peer->number % 3 == 1)
    ws_reset(peer);
  else
    ws_silence(peer);
}

TEST(a_thousand_connections_leave_memory_as_it_was) {
  ws_server *s = ws_server_start(greet_and_go, NULL);
  client c = client_open();
  size_t before = 0;
  int descriptors = 0, ended = 0;
  for (int i = 0; i < 1100; i++) {
    wire w = {0};
    open_to(&w, &c, s->port, "/");
    wire_wait(&w, &w.opened, 1);
    if (i % 3 == 1) { /* the peer ends every third, another is reset; of the rest we let go */
      wire_wait(&w, &w.messages, 1);
      if (!w.closed) wire_disconnect(&w);
    } else {
      while (!w.closed && w.messages == 0) bourse__loop_run(c.loop, 10);
      if (!w.closed) client_run_for(&c, i % 3 == 0 ? 0 : 1);
      if (!w.closed) wire_disconnect(&w);
    }
    ended += w.closed;
    wire_free(&w);
    if (i == 100) before = memory_in_use(), descriptors = open_descriptors();
  }
  client_run_for(&c, 20);
  CHECK(ended > 50);
  for (int i = 0; i < 1000 && open_descriptors() > descriptors; i++) usleep(1000); /* the server's threads */
  CHECK(open_descriptors() <= descriptors + 2);
  if (memory_in_use() > before + 100000) TEST_FAIL("%zu bytes before, %zu after", before, memory_in_use());
  client_close(&c);
  ws_server_stop(s);
}

typedef struct manual {
  int64_t now;
  int64_t monotonic;
} manual;

static int64_t manual_now(void *user_data) { return ((manual *)user_data)->now; }
static int64_t manual_monotonic(void *user_data) { return ((manual *)user_data)->monotonic; }

static void never_answer(ws_peer *peer, void *user_data) {
  (void)user_data;
  ws_silence(peer);
}

TEST(the_deadline_is_in_the_hosts_time) {
  ws_server *s = ws_server_start(never_answer, NULL);
  manual m = {.now = 77, .monotonic = 1000};
  bourse_clock clock = {&m, manual_now, manual_monotonic};
  client c = client_open_with(&bourse__default_allocator, &clock, (bourse__http_options){0});
  wire w = {0};
  char url[200];
  bourse_socket_request request = wire_request(wire_url(url, s->port, "/"));
  request.timeout_ms = 3600000;
  CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
  for (int i = 0; i < 50; i++) {
    usleep(1000);
    m.monotonic += MS;
    bourse__loop_run(c.loop, 1000);
  }
  CHECK_INT(w.closed, 0);
  m.monotonic += 3600000 * MS;
  bourse__loop_run(c.loop, 0);
  CHECK_INT(w.closed, 1);
  CHECK_INT(w.error, BOURSE_ERROR_TIMEOUT);
  client_close(&c);
  ws_server_stop(s);
}

static void compressed_hello(ws_peer *peer, void *user_data) {
  (void)user_data;
  ws_accept(peer, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
  ws_send(peer, WS_PING, "ping", 4);
  ws_frame(peer, 0xc1, "\xf2\x48\xcd\xc9\xc9\x07\x00", 7);
  ws_silence(peer);
}

/* The n-th allocation fails, for every n. */
TEST(want_of_memory_is_told_and_leaks_nothing) {
  int left;
  const bourse_allocator failing = few_allocator(&left);
  ws_server *s = ws_server_start(compressed_hello, NULL);
  bourse__loop *loop = NULL;
  char url[200];
  int n = 0, whole = 0, refused = 0, failed = 0;
  CHECK_INT(bourse__loop_new(&loop, &bourse__default_allocator, NULL), BOURSE_OK);
  for (; !whole && n < 60; n++) {
    left = n;
    bourse__http_options options = {.proxy = ""};
    client c = {.loop = loop};
    wire w = {0};
    int32_t error = bourse__http_new(&c.http, loop, &failing, &options);
    CHECK(error == BOURSE_OK || error == BOURSE_ERROR_MEMORY);
    if (error != BOURSE_OK) continue;
    bourse__http_transport(c.http, &c.transport);
    bourse_socket_request request = wire_request(wire_url(url, s->port, "/"));
    request.compress = 1;
    error = wire_connect(&w, &c, &request);
    CHECK(error == BOURSE_OK || error == BOURSE_ERROR_MEMORY);
    if (error == BOURSE_OK) {
      while (!w.closed && w.messages == 0) CHECK(bourse__loop_run(loop, 1000) >= 0);
      if (w.closed) CHECK_INT(w.error, BOURSE_ERROR_MEMORY);
      if (w.messages) CHECK_STR(w.last, "Hello");
      failed += w.closed;
      whole = w.messages;
    } else {
      refused++;
    }
    wire_free(&w);
    bourse__http_free(c.http);
  }
  CHECK(whole && refused > 2 && failed > 2);
  bourse__loop_free(loop);
  ws_server_stop(s);
}

static char logged[8192];

static void write_log(void *user_data, int32_t level, const char *message) {
  (void)user_data;
  size_t used = strlen(logged);
  snprintf(logged + used, sizeof logged - used, "%d %s\n", (int)level, message);
}

TEST(the_log_shows_no_path_and_no_query) {
  ws_server *s = ws_server_start(flood_and_go, NULL);
  bourse__log log = {write_log, NULL, 4};
  client c = client_open_with(&bourse__default_allocator, NULL, (bourse__http_options){.log = &log});
  wire w = {0};
  char expected[100];
  open_to(&w, &c, s->port, "/ws/secret?listenKey=secret");
  wire_wait(&w, &w.closed, 1);
  snprintf(expected, sizeof expected, "4 ws://127.0.0.1:%d: open\n", s->port);
  CHECK(strstr(logged, expected) != NULL);
  CHECK(strstr(logged, "close code 1001: gone\n") != NULL);
  CHECK(strstr(logged, "secret") == NULL);
  wire_free(&w);
  client_close(&c);
  ws_server_stop(s);
}

TEST_MAIN()
