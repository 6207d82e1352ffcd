/* WebSocket connections over TLS and through proxies. */
#define WS_SERVER_TLS
#include "net/certificates.h"
#include "net/server.h"
#include "net/ws_client.h"
#include "net/ws_server.h"

static ws_server *start_tls(ws_script *script, const char *name) {
  char certificate[128], key[128], file[32];
  snprintf(file, sizeof file, "%s.pem", name);
  snprintf(certificate, sizeof certificate, "%s", in_folder(file));
  snprintf(file, sizeof file, "%s.key", name);
  snprintf(key, sizeof key, "%s", in_folder(file));
  return ws_server_start_tls(script, NULL, certificate, key);
}

static client open_with_ca(const char *proxy) {
  bourse__http_options options = {.ca_file = in_folder("ca.pem"), .proxy = proxy};
  return client_open_with(&bourse__default_allocator, NULL, options);
}

static void open_to(wire *w, client *c, int port) {
  char url[200];
  snprintf(url, sizeof url, "wss://127.0.0.1:%d/", port);
  bourse_socket_request request = wire_request(url);
  CHECK_INT(wire_connect(w, c, &request), BOURSE_OK);
}

static void echo(ws_peer *peer, void *user_data) {
  ws_frame_in in = {0};
  int opcode;
  (void)user_data;
  ws_accept(peer, NULL);
  ws_text(peer, "hello");
  while ((opcode = ws_read(peer, &in)) >= 0 && opcode != WS_CLOSE) ws_send(peer, opcode, in.payload, in.length);
  ws_frame_free(&in);
}

static void check_end(client c, int port, int32_t error) {
  wire w = {0};
  open_to(&w, &c, port);
  wire_wait(&w, error == BOURSE_OK ? &w.messages : &w.closed, 1);
  CHECK_INT(w.error, error);
  wire_free(&w);
  client_close(&c);
}

TEST(certificates_are_verified) {
  make_certificates();
  if (!has_openssl) return;
  ws_server *good = start_tls(echo, "good"), *other = start_tls(echo, "other"), *plain = ws_server_start(echo, NULL);
  check_end(open_with_ca(NULL), good->port, BOURSE_OK);
  check_end(client_open(), good->port, BOURSE_ERROR_TLS);       /* an authority nobody knows */
  check_end(open_with_ca(NULL), other->port, BOURSE_ERROR_TLS); /* not its name */
  client c = client_open();
  wire w = {0};
  char url[200];
  snprintf(url, sizeof url, "wss://127.0.0.1:%d/", plain->port);
  bourse_socket_request request = wire_request(url);
  request.timeout_ms = 200; /* it takes the handshake for the beginning of a request */
  CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
  wire_wait(&w, &w.closed, 1);
  CHECK_INT(w.error, BOURSE_ERROR_TIMEOUT);
  client_close(&c);
  ws_server_stop(good), ws_server_stop(other), ws_server_stop(plain);
}

/* What the client offers to speak inside TLS: HTTP/1.1 only, as an upgrade needs it. */
static char offered[64];

static int keep_offer(SSL *ssl, const unsigned char **out, unsigned char *out_length, const unsigned char *in,
                      unsigned length, void *user_data) {
  (void)ssl, (void)user_data;
  snprintf(offered, sizeof offered, "%.*s", (int)length, (const char *)in);
  *out = in + 1;
  *out_length = in[0];
  return SSL_TLSEXT_ERR_OK;
}

TEST(http2_is_not_offered) {
  make_certificates();
  if (!has_openssl) return;
  ws_server *s = start_tls(echo, "good");
  SSL_CTX_set_alpn_select_cb(s->tls, keep_offer, NULL);
  check_end(open_with_ca(NULL), s->port, BOURSE_OK);
  CHECK_STR(offered, "\x08http/1.1");
  ws_server_stop(s);
}

/* Messages of many lengths, several in a record and several records in one message. */
enum { COUNT = 3000 };

static size_t length_of(int i) { return i % 97 == 0 ? 100000 : i % 13 == 0 ? 17000 : 5 + (size_t)(i * 31) % 900; }

static void many(ws_peer *peer, void *user_data) {
  uint8_t *batch = malloc(1 << 20);
  char *text = malloc(100001);
  size_t length = 0;
  (void)user_data;
  ws_accept(peer, NULL);
  for (int i = 0; i < COUNT; i++) {
    size_t n = length_of(i);
    memset(text, 'a' + i % 26, n);
    memcpy(text, "00000", 5);
    for (int k = 4, v = i; k >= 0; k--, v /= 10) text[k] = (char)('0' + v % 10);
    length += ws_frame_write(batch + length, 0x81, text, n);
    if (length > 300000 || i % 50 == 0 || i == COUNT - 1) {
      ws_write(peer, batch, length);
      length = 0;
    }
  }
  free(batch), free(text);
  ws_silence(peer);
}

static void check_message(wire *w, const char *bytes, size_t length) {
  int i = w->messages - 1,
      right = length == length_of(i) && atoi((char[]){bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], 0}) == i;
  for (size_t k = 5; k < length && right; k++) right = bytes[k] == (char)('a' + i % 26);
  if (!right) TEST_FAIL("message %d is not what was sent", i);
}

static void check_and_pause(wire *w, const char *bytes, size_t length) {
  check_message(w, bytes, length);
  if (w->messages % 100 == 7) wire_pause(w, 1);
}

TEST(records_and_messages_do_not_meet) {
  make_certificates();
  if (!has_openssl) return;
  ws_server *s = start_tls(many, "good");
  for (int pausing = 0; pausing < 2; pausing++) {
    client c = open_with_ca(NULL);
    wire w = {.on_message = pausing ? check_and_pause : check_message};
    open_to(&w, &c, s->port);
    for (int i = 0; i < COUNT / 100 && pausing; i++) {
      wire_wait(&w, &w.messages, i * 100 + 7);
      client_run_for(&c, 1);
      CHECK_INT(w.messages, i * 100 + 7);
      wire_pause(&w, 0); /* what TLS holds back does not make the socket readable */
    }
    wire_wait(&w, &w.messages, COUNT);
    wire_disconnect(&w);
    wire_free(&w);
    client_close(&c);
  }
  ws_server_stop(s);
}

/* A peer that reads late: what was begun to be written must be offered to TLS again as it was. */
static atomic_int may_read, heard;

static void read_late(ws_peer *peer, void *user_data) {
  ws_frame_in in = {0};
  (void)user_data;
  ws_accept(peer, NULL);
  while (!atomic_load(&may_read) && !ws_stopping(peer)) usleep(1000);
  while (ws_read(peer, &in) == WS_BINARY) {
    if (atoi(in.payload) == atomic_load(&heard)) atomic_fetch_add(&heard, 1);
  }
  ws_text(peer, "heard");
  ws_frame_free(&in);
  ws_silence(peer);
}

TEST(a_late_reader_gets_all_of_it) {
  make_certificates();
  if (!has_openssl) return;
  ws_server *s = start_tls(read_late, "good");
  client c = open_with_ca(NULL);
  wire w = {0};
  char message[5000];
  int sent = 0;
  open_to(&w, &c, s->port);
  wire_wait(&w, &w.opened, 1);
  for (;; sent++) {
    memset(message, ' ', sizeof message);
    snprintf(message, sizeof message, "%d", sent);
    if (wire_send(&w, BOURSE_MESSAGE_BINARY, message, 100 + (size_t)(sent * 37) % 4900) != BOURSE_OK) break;
    if (sent % 50 == 0) bourse__loop_run(c.loop, 0);
  }
  CHECK(sent > 1000);
  atomic_store(&may_read, 1);
  int64_t until = bourse__loop_monotonic_ns(c.loop) + CLIENT_PATIENCE_NS;
  while (!w.closed && wire_text(&w, "end") != BOURSE_OK && bourse__loop_monotonic_ns(c.loop) < until)
    bourse__loop_run(c.loop, 10);
  wire_wait(&w, &w.messages, 1);
  CHECK_INT(atomic_load(&heard), sent);
  wire_free(&w);
  client_close(&c);
  ws_server_stop(s);
}

static void break_off(ws_peer *peer, void *user_data) {
  (void)user_data;
  ws_accept(peer, NULL);
  ws_write(peer, "\x81\x7e\x01\x00half", 8);
  if (peer->number == 2) ws_reset(peer);
  if (peer->number == 3) SSL_shutdown(peer->tls);
  if (peer->number == 4) ws_close(peer, 1001, "");
}

TEST(tls_that_ends_is_a_disconnection) {
  make_certificates();
  if (!has_openssl) return;
  ws_server *s = start_tls(break_off, "good");
  for (int i = 0; i < 3; i++) check_end(open_with_ca(NULL), s->port, BOURSE_ERROR_DISCONNECTED);
  ws_server_stop(s);
}

/* A proxy that tunnels, unless it is told to refuse. */
static void relay(int a, int b) {
  struct pollfd fds[2] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}};
  char buffer[16384];
  while (poll(fds, 2, -1) > 0)
    for (int i = 0; i < 2; i++) {
      if (fds[i].revents == 0) continue;
      ssize_t n = recv(fds[i].fd, buffer, sizeof buffer, 0);
      if (n <= 0) return;
      server_write(fds[1 - i].fd, buffer, (size_t)n);
    }
}

static int serve_proxy(const server_request *r, void *user_data) {
  int port = 0;
  if (*(int *)user_data != 0) {
    server_reply(r->fd, *(int *)user_data, "", "no", 2);
    return 0;
  }
  if (sscanf(r->head, "CONNECT 127.0.0.1:%d", &port) != 1) return 0;
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
    server_text(r->fd, "HTTP/1.1 200 Established\r\n\r\n");
    relay(r->fd, fd);
  }
  close(fd);
  return 0;
}

TEST(connections_go_through_a_tunnel) {
  make_certificates();
  if (!has_openssl) return;
  int status = 0;
  server *proxy = server_start(serve_proxy, &status);
  ws_server *tls = start_tls(echo, "good"), *plain = ws_server_start(echo, NULL);
  char proxy_url[200], url[200];
  check_end(open_with_ca(client_url(proxy_url, proxy->port, "")), tls->port, BOURSE_OK);
  client c = open_with_ca(proxy_url);
  wire w = {0};
  bourse_socket_request request = wire_request(wire_url(url, plain->port, "/"));
  CHECK_INT(wire_connect(&w, &c, &request), BOURSE_OK);
  wire_wait(&w, &w.messages, 1);
  CHECK_STR(w.last, "hello");
  wire_free(&w);
  client_close(&c);
  CHECK_INT(atomic_load(&proxy->connections), 2);
  status = 407;
  check_end(open_with_ca(proxy_url), tls->port, BOURSE_ERROR_PROXY);
  server_stop(proxy);
  check_end(open_with_ca(proxy_url), tls->port, BOURSE_ERROR_PROXY); /* nobody there */
  ws_server_stop(tls), ws_server_stop(plain);
}

TEST_MAIN()
