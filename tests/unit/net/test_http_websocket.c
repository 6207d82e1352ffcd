/* WebSocket connections: how they open, what they carry, and every way they end. */
#include <poll.h>
#include <sys/resource.h>

#include "net/ws_client.h"
#include "net/ws_server.h"

#define MS 1000000LL

static int path_is(const ws_peer *peer, const char *path) {
  const char *at = peer->head + 4;
  return strncmp(at, path, strlen(path)) == 0 && strchr(" ?", at[strlen(path)]) != NULL;
}

static void echo(ws_peer *peer) {
  ws_frame_in in = {0};
  int opcode;
  while ((opcode = ws_read(peer, &in)) >= 0 && opcode != WS_CLOSE)
    if (opcode == WS_PING)
      ws_send(peer, WS_PONG, in.payload, in.length);
    else if (opcode != WS_PONG)
      ws_send(peer, opcode, in.payload, in.length);
  ws_frame_free(&in);
}

static void serve(ws_peer *peer, void *user_data) {
  (void)user_data;
  ws_accept(peer, NULL);
  if (path_is(peer, "/greet")) ws_text(peer, "hello");
  echo(peer);
}

TEST(it_opens_and_carries_messages_both_ways) {
  ws_server *s = ws_server_start(serve, NULL);
  client c = client_open();
  char url[200];
  wire w = {0};
  bourse_socket_request request = wire_request(wire_url(url, s->port, "/greet"));
  int64_t before = bourse__loop_monotonic_ns(c.loop), utc = bourse__loop_now_ns(c.loop);
  CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
  CHECK_INT(wire_text(&w, "too early"), BOURSE_ERROR_STATE);
  CHECK_INT(w.opened + w.messages + w.closed, 0);
  wire_wait(&w, &w.messages, 1);
  CHECK_STR(w.last, "hello");
  CHECK_INT(w.last_kind, BOURSE_MESSAGE_TEXT);
  CHECK(w.received_monotonic_ns > before && w.received_monotonic_ns <= bourse__loop_monotonic_ns(c.loop));
  CHECK(w.received_ns > utc && w.received_ns <= bourse__loop_now_ns(c.loop));
  CHECK_INT(wire_text(&w, "and back"), BOURSE_OK);
  wire_wait(&w, &w.messages, 2);
  CHECK_STR(w.last, "and back");
  CHECK_INT(wire_send(&w, BOURSE_MESSAGE_BINARY, "\0\1\2", 3), BOURSE_OK);
  wire_wait(&w, &w.messages, 3);
  CHECK_INT(w.last_kind, BOURSE_MESSAGE_BINARY);
  CHECK_INT(w.last_length, 3);
  CHECK_INT(wire_send(&w, BOURSE_MESSAGE_PING, "p", 1), BOURSE_OK);
  wire_wait(&w, &w.pongs, 1);
  CHECK_STR(w.last, "p");
  wire_disconnect(&w);
  CHECK_INT(w.closed, 0);
  wire_free(&w);
  client_close(&c);
  ws_server_stop(s);
}

/* Faults, by path. */
static void drip(ws_peer *peer, const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length && !ws_stopping(peer); i++) {
    if (!ws_write(peer, bytes + i, 1)) return;
    usleep(2000);
  }
}

static void misbehave(ws_peer *peer, void *user_data) {
  uint8_t frame[64];
  (void)user_data;
  if (path_is(peer, "/end")) return;
  if (path_is(peer, "/silent-upgrade")) {
    ws_silence(peer);
    return;
  }
  if (path_is(peer, "/garbage-upgrade")) {
    ws_raw(peer, "SSH-2.0-OpenSSH_9.2\r\n");
    return;
  }
  if (path_is(peer, "/reset-upgrade")) {
    ws_reset(peer);
    return;
  }
  if (path_is(peer, "/half-head")) {
    ws_raw(peer, "HTTP/1.1 101 Switching");
    return;
  }
  if (path_is(peer, "/wrong-accept")) {
    ws_raw(peer,
           "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n");
    ws_silence(peer);
    return;
  }
  ws_accept(peer, NULL);
  ws_text(peer, "first");
  if (path_is(peer, "/ended")) return;
  if (path_is(peer, "/reset")) {
    usleep(20000);
    ws_reset(peer);
  } else if (path_is(peer, "/cut-frame")) {
    ws_write(peer, "\x81\x7e\x01\x00half", 8);
  } else if (path_is(peer, "/reset-frame")) {
    ws_write(peer, "\x81\x7e\x01\x00half", 8);
    usleep(20000);
    ws_reset(peer);
  } else if (path_is(peer, "/drip")) {
    drip(peer, frame, ws_frame_write(frame, 0x81, "drop by drop", 12));
    ws_silence(peer);
  } else if (path_is(peer, "/large")) {
    char *large = malloc(200000);
    memset(large, 'l', 200000);
    ws_send(peer, WS_TEXT, large, 200000);
    free(large);
    ws_silence(peer);
  } else if (path_is(peer, "/large-head")) {
    ws_write(peer, "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10);
    ws_silence(peer);
  } else if (path_is(peer, "/garbage")) {
    ws_raw(peer, "<html>gateway</html>");
    ws_silence(peer);
  } else if (path_is(peer, "/bad-text")) {
    ws_send(peer, WS_TEXT, "\xff\xfe", 2);
    ws_silence(peer);
  } else if (path_is(peer, "/goodbye")) {
    ws_close(peer, 1001, "going away");
  } else if (path_is(peer, "/goodbye-4000")) {
    ws_text(peer, "second");
    ws_close(peer, 4000, "");
    ws_reset(peer);
    usleep(20000);
  } else if (path_is(peer, "/no-code")) {
    ws_send(peer, WS_CLOSE, NULL, 0);
  } else {
    ws_silence(peer);
  }
}

typedef struct fault {
  const char *path;
  int32_t error;
  int32_t close_code;
  int messages;
  const char *text; /* is in the end's text */
} fault;

static void check_fault(client *c, int port, const fault *f) {
  char url[200];
  wire w = {0};
  bourse_socket_request request = wire_request(wire_url(url, port, f->path));
  request.timeout_ms = 500;
  request.message_size_max = 100000;
  CHECK_INT(wire_connect(&w, c, &request), BOURSE_OK);
  wire_wait(&w, &w.closed, 1);
  if (w.error != f->error || w.close_code != f->close_code || w.messages != f->messages ||
      strstr(w.text, f->text) == NULL)
    TEST_FAIL("%s: error %d, code %d, %d messages, \"%s\"", f->path, (int)w.error, (int)w.close_code, w.messages,
              w.text);
  CHECK_INT(w.opened, f->messages > 0);
  CHECK_INT(w.http_status, 0);
  wire_free(&w);
}

static const fault faults[] = {
    {"/end", BOURSE_ERROR_DISCONNECTED, 0, 0, "before it answered"},
    {"/silent-upgrade", BOURSE_ERROR_TIMEOUT, 0, 0, "(500 ms) was over while waiting for the answer"},
    {"/garbage-upgrade", BOURSE_ERROR_BAD_REPLY, 0, 0, "not HTTP"},
    {"/reset-upgrade", BOURSE_ERROR_DISCONNECTED, 0, 0, ""},
    {"/half-head", BOURSE_ERROR_DISCONNECTED, 0, 0, "before it answered"},
    {"/wrong-accept", BOURSE_ERROR_BAD_REPLY, 0, 0, "Sec-WebSocket-Accept"},
    {"/ended", BOURSE_ERROR_DISCONNECTED, 0, 1, "without a close frame"},
    {"/reset", BOURSE_ERROR_DISCONNECTED, 0, 1, "reset"},
    {"/cut-frame", BOURSE_ERROR_DISCONNECTED, 0, 1, "without a close frame"},
    {"/reset-frame", BOURSE_ERROR_DISCONNECTED, 0, 1, "reset"},
    {"/large", BOURSE_ERROR_BAD_REPLY, 0, 1, "message_size_max"},
    {"/large-head", BOURSE_ERROR_BAD_REPLY, 0, 1, "message_size_max"},
    {"/garbage", BOURSE_ERROR_BAD_REPLY, 0, 1, "frame"},
    {"/bad-text", BOURSE_ERROR_BAD_REPLY, 0, 1, "UTF-8"},
    {"/goodbye", BOURSE_OK, 1001, 1, "going away"},
    {"/goodbye-4000", BOURSE_OK, 4000, 2, ""},
    {"/no-code", BOURSE_OK, 1005, 1, ""},
};

TEST(every_fault_ends_it_and_says_so) {
  ws_server *s = ws_server_start(misbehave, NULL);
  client c = client_open();
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) check_fault(&c, s->port, &faults[i]);
  CHECK_INT(atomic_load(&s->connections), sizeof faults / sizeof faults[0]);
  client_close(&c);
  ws_server_stop(s);
}

TEST(a_frame_that_drips_in_is_whole_in_the_end) {
  ws_server *s = ws_server_start(misbehave, NULL);
  client c = client_open();
  char url[200];
  wire w = {0};
  bourse_socket_request request = wire_request(wire_url(url, s->port, "/drip"));
  CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
  wire_wait(&w, &w.messages, 2);
  CHECK_STR(w.last, "drop by drop");
  wire_disconnect(&w);
  wire_free(&w);
  client_close(&c);
  ws_server_stop(s);
}

/* Refusals. */
typedef struct refusal {
  const char *path;
  int32_t status;
  int32_t error;
  int64_t retry_after_ms;
  const char *text; /* all of the end's text */
} refusal;

static const refusal refusals[] = {
    {"/429", 429, BOURSE_ERROR_RATE_LIMITED, 7000, "{\"code\":-1003, \"msg\":\"Too many\"}"},
    {"/418", 418, BOURSE_ERROR_BANNED, 0, ""},
    {"/html", 503, BOURSE_ERROR_UNAVAILABLE, 0, "<html>  <b>gateway</b></html>"},
    {"/token", 401, BOURSE_ERROR_AUTH, 0, "token is invalid"},
    {"/ok", 200, BOURSE_ERROR_BAD_REPLY, 0, "no websocket here"},
    {"/moved", 302, BOURSE_ERROR_BAD_REPLY, 0, ""},
    {"/chunked", 403, BOURSE_ERROR_PERMISSION, 0, "one two"},
    {"/until-end", 400, BOURSE_ERROR_BAD_REQUEST, 0, "as long as it takes"},
    {"/half", 451, BOURSE_ERROR_LOCATION, 0, "not all"},
    {"/date", 429, BOURSE_ERROR_RATE_LIMITED, 2678400000, ""},
    {"/old-date", 429, BOURSE_ERROR_RATE_LIMITED, 0, ""},
};

static void refuse(ws_peer *peer, void *user_data) {
  (void)user_data;
  if (path_is(peer, "/429"))
    ws_refuse(peer, 429, "Retry-After: 7\r\nContent-Type: application/json\r\n",
              "{\"code\":-1003,\n\"msg\":\"Too many\"}");
  if (path_is(peer, "/418")) ws_refuse(peer, 418, "Retry-After: soon\r\n", "");
  if (path_is(peer, "/html")) ws_refuse(peer, 503, NULL, "<html>\r\n<b>gateway</b></html>");
  if (path_is(peer, "/token")) ws_refuse(peer, 401, NULL, "token is invalid");
  if (path_is(peer, "/ok")) ws_refuse(peer, 200, NULL, "no websocket here");
  if (path_is(peer, "/moved")) ws_refuse(peer, 302, "Location: /elsewhere\r\n", "");
  if (path_is(peer, "/date")) ws_refuse(peer, 429, "Retry-After: Wed, 21 Oct 2099 07:28:00 GMT\r\n", "");
  if (path_is(peer, "/old-date")) ws_refuse(peer, 429, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n", "");
  if (path_is(peer, "/chunked"))
    ws_raw(peer,
           "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 no\r\nTransfer-Encoding: chunked\r\n\r\n"
           "4;x=y\r\none \r\n3\r\ntwo\r\n0\r\n\r\n");
  if (path_is(peer, "/until-end")) {
    ws_raw(peer, "HTTP/1.0 400 no\r\n\r\nas long ");
    usleep(20000);
    ws_raw(peer, "as it takes");
    return;
  }
  if (path_is(peer, "/half")) ws_raw(peer, "HTTP/1.1 451 no\r\nContent-Length: 1000\r\n\r\nnot all");
  if (path_is(peer, "/long")) {
    char *body = malloc(1000001);
    memset(body, 'b', 1000000);
    body[1000000] = '\0';
    ws_refuse(peer, 500, NULL, body);
    free(body);
  }
  ws_silence(peer);
}

TEST(refusals_are_told_with_what_they_say) {
  ws_server *s = ws_server_start(refuse, NULL);
  client c = client_open();
  char url[200];
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    const refusal *r = &refusals[i];
    wire w = {0};
    bourse_socket_request request = wire_request(wire_url(url, s->port, r->path));
    request.timeout_ms = strcmp(r->path, "/half") == 0 ? 200 : 30000;
    CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
    wire_wait(&w, &w.closed, 1);
    if (w.error != r->error || w.http_status != r->status || w.retry_after_ms != r->retry_after_ms ||
        strcmp(w.text, r->text) != 0)
      TEST_FAIL("%s: error %d, status %d, again after %lld, \"%s\"", r->path, (int)w.error, (int)w.http_status,
                (long long)w.retry_after_ms, w.text);
    CHECK_INT(w.opened, 0);
  }
  wire w = {0};
  bourse_socket_request request = wire_request(wire_url(url, s->port, "/long"));
  CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
  wire_wait(&w, &w.closed, 1);
  CHECK_INT(w.http_status, 500);
  CHECK_INT(strlen(w.text), 2048);
  client_close(&c);
  ws_server_stop(s);
}

/* What is asked for. */
static char seen_head[8192];

static void keep_head(ws_peer *peer, void *user_data) {
  (void)user_data;
  snprintf(seen_head, sizeof seen_head, "%s", peer->head);
  ws_accept(peer, path_is(peer, "/sub/path") ? "Sec-WebSocket-Protocol: two\r\n" : NULL);
  ws_silence(peer);
}

TEST(the_upgrade_is_asked_for_as_it_should_be) {
  ws_server *s = ws_server_start(keep_head, NULL);
  client c = client_open();
  char url[200], host[64];
  wire w = {0}, v = {0};
  bourse_http_header headers[] = {{"X-Key", "abc"}, {"Sec-WebSocket-Protocol", "one, two"}, {"User-Agent", "me"}};
  bourse_socket_request request = wire_request(wire_url(url, s->port, "/sub/path?streams=a@b/c@d"));
  request.headers = headers;
  request.header_count = 3;
  request.compress = 1;
  CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
  wire_wait(&w, &w.opened, 1);
  snprintf(host, sizeof host, "\r\nHost: 127.0.0.1:%d\r\n", s->port);
  CHECK(strncmp(seen_head, "GET /sub/path?streams=a@b/c@d HTTP/1.1\r\n", 40) == 0);
  CHECK(strstr(seen_head, host) != NULL);
  CHECK(strstr(seen_head, "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n") != NULL);
  CHECK(strstr(seen_head, "\r\nSec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover\r\n") != NULL);
  CHECK(strstr(seen_head, "\r\nX-Key: abc\r\nSec-WebSocket-Protocol: one, two\r\nUser-Agent: me\r\n\r\n") != NULL);
  request = wire_request(wire_url(url, s->port, "?x=y"));
  CHECK_INT(wire_connect(&v, &c, &request), BOURSE_OK);
  wire_wait(&v, &v.opened, 1);
  CHECK(strncmp(seen_head, "GET /?x=y HTTP/1.1\r\n", 20) == 0);
  CHECK(strstr(seen_head, "\r\nUser-Agent: libbourse/") != NULL);
  CHECK(strstr(seen_head, "Extensions") == NULL);
  client_close(&c);
  CHECK_INT(w.closed + v.closed, 0);
  ws_server_stop(s);
}

TEST(what_cannot_be_asked_for_is_refused_at_once) {
  client c = client_open();
  wire w = {0};
  static const char *const urls[] = {"",
                                     "http://host/",
                                     "wss://",
                                     "wss:///path",
                                     "ws://user@host/",
                                     "ws://host/a b",
                                     "ws://host/\r\nX: y",
                                     "ws://host/#part",
                                     NULL};
  for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
    bourse_socket_request request = wire_request(urls[i]);
    CHECK_INT(wire_connect(&w, &c, &request), BOURSE_ERROR_ARGUMENT);
    CHECK(w.socket == NULL);
  }
  static const bourse_http_header headers[] = {{"Host", "x"},    {"Sec-WebSocket-Key", "x"},
                                               {"upgrade", "x"}, {"X-Line", "a\r\nb"},
                                               {"X Space", "x"}, {"", "x"},
                                               {NULL, "x"},      {"X-Null", NULL}};
  for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
    bourse_socket_request request = wire_request("ws://127.0.0.1:1/");
    request.headers = &headers[i];
    request.header_count = 1;
    CHECK_INT(wire_connect(&w, &c, &request), BOURSE_ERROR_ARGUMENT);
  }
  bourse_socket_request request = wire_request("ws://127.0.0.1:1/");
  request.timeout_ms = 0;
  CHECK_INT(wire_connect(&w, &c, &request), BOURSE_ERROR_ARGUMENT);
  request = wire_request("ws://127.0.0.1:1/");
  request.message_size_max = 0;
  CHECK_INT(wire_connect(&w, &c, &request), BOURSE_ERROR_ARGUMENT);
  client_close(&c);
  CHECK_INT(w.closed, 0);
}

TEST(hosts_that_are_not_there) {
  client c = client_open();
  wire w = {0}, v = {0};
  bourse_socket_request request = wire_request("ws://127.0.0.1:1/");
  CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
  CHECK_INT(w.closed, 0); /* never inside connect */
  request = wire_request("wss://a-name-that-does-not-exist.invalid/");
  CHECK_INT(wire_connect(&v, &c, &request), BOURSE_OK);
  wire_wait(&w, &w.closed, 1);
  CHECK_INT(w.error, BOURSE_ERROR_CONNECT);
  wire_wait(&v, &v.closed, 1);
  CHECK_INT(v.error, BOURSE_ERROR_RESOLVE);
  client_close(&c);
}

/* Letting go in every phase, and of what is not opened yet. */
TEST(disconnecting_works_in_every_phase) {
  ws_server *s = ws_server_start(misbehave, NULL);
  client c = client_open();
  char url[200];
  wire w = {0}, name = {0};
  static const char *const paths[] = {"/silent-upgrade", "/half-head", "/drip", "/x"};
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
    for (int64_t ms = 0; ms < 40; ms += 13) {
      bourse_socket_request request = wire_request(wire_url(url, s->port, paths[i]));
      memset(&w, 0, sizeof w);
      CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
      if (ms > 0) client_run_for(&c, ms);
      int before = w.opened + w.messages;
      if (!w.closed) {
        wire_disconnect(&w);
        client_run_for(&c, 5);
        CHECK_INT(w.closed, 0);
        CHECK_INT(w.opened + w.messages, before);
      }
      wire_free(&w);
    }
  bourse_socket_request request = wire_request("ws://a-name-that-does-not-exist.invalid/");
  CHECK_INT(wire_connect(&name, &c, &request), BOURSE_OK);
  int64_t before = bourse__loop_monotonic_ns(c.loop);
  wire_disconnect(&name);
  CHECK(bourse__loop_monotonic_ns(c.loop) - before < 1000 * MS);
  client_close(&c);
  ws_server_stop(s);
}

/* What the peer hears of it. */
static atomic_int heard_close, heard_end;

static void listen_for_close(ws_peer *peer, void *user_data) {
  ws_frame_in in = {0};
  (void)user_data;
  ws_accept(peer, NULL);
  int opcode;
  while ((opcode = ws_read(peer, &in)) >= 0)
    if (opcode == WS_CLOSE && in.length == 2 && in.masked)
      atomic_store(&heard_close, (uint8_t)in.payload[0] << 8 | (uint8_t)in.payload[1]);
  ws_frame_free(&in);
  atomic_fetch_add(&heard_end, 1);
}

static void provoke(ws_peer *peer, void *user_data) {
  ws_frame_in in = {0};
  (void)user_data;
  ws_accept(peer, NULL);
  if (path_is(peer, "/close")) ws_close(peer, 4321, "enough");
  if (path_is(peer, "/text")) ws_text(peer, "\xff");
  if (path_is(peer, "/frame")) ws_raw(peer, "\xff");
  if (path_is(peer, "/frame")) ws_raw(peer, "\xff");
  if (path_is(peer, "/long")) ws_write(peer, "\x82\x7f\0\0\0\1\0\0\0\0", 10);
  int code =
      ws_read(peer, &in) == WS_CLOSE && in.length == 2 ? (uint8_t)in.payload[0] << 8 | (uint8_t)in.payload[1] : -1;
  atomic_store(&heard_close, code);
  ws_frame_free(&in);
}

TEST(the_peer_hears_why_it_ended) {
  static const struct {
    const char *path;
    int code;
  } cases[] = {{"/close", 4321}, {"/text", 1007}, {"/frame", 1002}, {"/long", 1009}};
  ws_server *s = ws_server_start(provoke, NULL);
  client c = client_open();
  char url[200];
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    wire w = {0};
    bourse_socket_request request = wire_request(wire_url(url, s->port, cases[i].path));
    atomic_store(&heard_close, 0);
    CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
    wire_wait(&w, &w.closed, 1);
    for (int k = 0; k < 2000 && atomic_load(&heard_close) == 0; k++) usleep(1000);
    CHECK_INT(atomic_load(&heard_close), cases[i].code);
  }
  client_close(&c);
  ws_server_stop(s);
}

TEST(goodbye_is_said) {
  ws_server *s = ws_server_start(listen_for_close, NULL);
  char url[200];
  for (int how = 0; how < 2; how++) {
    client c = client_open();
    wire w = {0};
    bourse_socket_request request = wire_request(wire_url(url, s->port, "/"));
    atomic_store(&heard_close, 0);
    CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
    wire_wait(&w, &w.opened, 1);
    if (how == 0) wire_disconnect(&w);
    client_close(&c);
    for (int i = 0; i < 2000 && atomic_load(&heard_end) <= how; i++) usleep(1000);
    CHECK_INT(atomic_load(&heard_close), 1000);
    CHECK_INT(w.closed, 0);
  }
  ws_server_stop(s);
}

TEST_MAIN()
