/* TLS, HTTP/2 and proxies. Certificates are made for the run by the openssl program, which also serves TLS; node serves
 * HTTP/2. Without these programs the tests that need them say that they are skipped. */
#include <signal.h>
#include <sys/wait.h>

#include "net/certificates.h"
#include "net/client.h"
#include "net/no_sockets.h"
#include "net/server.h"

/* A program that ends when its standard input does, and whose standard output gives a line with its port. */
typedef struct helper {
  pid_t pid;
  int in;
  int port;
} helper;

static int free_port(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) abort();
  getsockname(fd, (struct sockaddr *)&address, &length);
  close(fd);
  return ntohs(address.sin_port);
}

static int accepts(int port) {
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
  int fd = socket(AF_INET, SOCK_STREAM, 0), ok = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
  close(fd);
  return ok;
}

static helper start(char *const arguments[], int port) {
  helper h = {.port = port};
  int in[2], out[2];
  if (pipe(in) != 0 || pipe(out) != 0) abort();
  h.pid = fork();
  if (h.pid == 0) {
    dup2(in[0], 0), dup2(out[1], 1);
    if (port != 0 && freopen("/dev/null", "w", stderr) == NULL) _exit(126);
    close(in[0]), close(in[1]), close(out[0]), close(out[1]);
    execvp(arguments[0], arguments);
    _exit(127);
  }
  close(in[0]), close(out[1]);
  h.in = in[1];
  if (port == 0) {
    char line[32] = "";
    size_t n = 0;
    while (n + 1 < sizeof line && read(out[0], line + n, 1) == 1 && line[n] != '\n') n++;
    h.port = atoi(line);
  }
  for (int i = 0; i < 500 && !accepts(h.port); i++) usleep(10000);
  close(out[0]);
  return h;
}

static void stop(helper *h) {
  close(h->in);
  kill(h->pid, SIGTERM);
  waitpid(h->pid, NULL, 0);
}

/* Answers every request with status 200 and a page about the connection. */
static helper start_tls(const char *name) {
  char port[16], certificate[32], key[32];
  int number = free_port();
  snprintf(port, sizeof port, "127.0.0.1:%d", number);
  snprintf(certificate, sizeof certificate, "%s.pem", name);
  snprintf(key, sizeof key, "%s.key", name);
  char paths[2][128];
  snprintf(paths[0], sizeof paths[0], "%s", in_folder(certificate));
  snprintf(paths[1], sizeof paths[1], "%s", in_folder(key));
  char *arguments[] = {"openssl", "s_server", "-quiet", "-www",   "-accept", port,
                       "-cert",   paths[0],   "-key",   paths[1], NULL};
  return start(arguments, number);
}

static client open_with_ca(const char *proxy) {
  bourse__http_options options = {.ca_file = in_folder("ca.pem"), .proxy = proxy};
  return client_open_with(&bourse__default_allocator, NULL, options);
}

static const char *tls_url(char out[200], int port, const char *path) {
  snprintf(out, 200, "https://127.0.0.1:%d%s", port, path);
  return out;
}

static void check_tls(client c, int port, int32_t error, int32_t sent) {
  char url[200];
  outcome o = {0};
  client_do(&c, &o, "GET", tls_url(url, port, "/"), NULL);
  CHECK_INT(o.error, error);
  CHECK_INT(o.sent, sent);
  CHECK_INT(o.status, error == BOURSE_OK ? 200 : 0);
  outcome_free(&o);
  client_close(&c);
}

TEST(certificates_are_verified) {
  make_certificates();
  if (!has_openssl) return;
  helper good = start_tls("good"), other = start_tls("other");
  check_tls(open_with_ca(NULL), good.port, BOURSE_OK, BOURSE_YES);
  check_tls(client_open(), good.port, BOURSE_ERROR_TLS, BOURSE_NO);       /* an authority nobody knows */
  check_tls(open_with_ca(NULL), other.port, BOURSE_ERROR_TLS, BOURSE_NO); /* not its name */
  stop(&good), stop(&other);
}

static int serve_plain(const server_request *r, void *user_data) {
  (void)user_data;
  server_reply(r->fd, 200, "", r->head, strlen(r->head));
  return 1;
}

TEST(a_server_without_tls_is_a_tls_error) {
  server *s = server_start(serve_plain, NULL);
  char url[200];
  /* It takes the handshake for the beginning of a request; the proxy tests show the answering kind. */
  client c = client_open_with(&bourse__default_allocator, NULL, (bourse__http_options){.connect_timeout_ms = 200});
  outcome o = {0};
  client_do(&c, &o, "GET", tls_url(url, s->port, "/"), NULL);
  CHECK(o.error == BOURSE_ERROR_TLS || o.error == BOURSE_ERROR_CONNECT);
  CHECK_INT(o.sent, BOURSE_NO);
  outcome_free(&o);
  client_close(&c);
  CHECK_INT(atomic_load(&s->requests), 0);
  server_stop(s);
}

TEST(http2_is_used_and_nothing_is_sent_twice) {
  make_certificates();
  if (!has_openssl || !run("node -e 'require(\"http2\")'")) {
    printf("skipped: no node program to serve HTTP/2\n");
    return;
  }
  char url[200], key[128], certificate[128];
  snprintf(key, sizeof key, "%s", in_folder("good.key"));
  snprintf(certificate, sizeof certificate, "%s", in_folder("good.pem"));
  char *arguments[] = {"node", "tests/net/http2_server.js", key, certificate, NULL};
  helper h = start(arguments, 0);
  client c = open_with_ca(NULL);
  static outcome all[50];
  outcome o = {0};
  bourse_http_request request = client_request("GET", tls_url(url, h.port, "/"));
  for (int i = 0; i < 50; i++) CHECK_INT(client_send(&c, &all[i], &request), BOURSE_OK);
  for (int i = 0; i < 50; i++) {
    client_wait(&c, &all[i]);
    CHECK_INT(all[i].error, BOURSE_OK);
    CHECK_STR(all[i].body, "h2");
    CHECK(strstr(all[i].headers, "x-method=GET\n") != NULL);
    outcome_free(&all[i]);
  }
  static const char *const paths[] = {"/die", "/cut", "/refuse"};
  for (int i = 0; i < 6; i++) {
    client_do(&c, &o, "GET", tls_url(url, h.port, "/"), NULL); /* so that there is a connection to use again */
    outcome_free(&o);
    client_do(&c, &o, i < 3 ? "POST" : "DELETE", tls_url(url, h.port, paths[i % 3]), i < 3 ? "symbol=BTCUSDT" : NULL);
    if (o.error != BOURSE_ERROR_DISCONNECTED || o.sent != BOURSE_YES)
      TEST_FAIL("%s: error %d, sent %d, %s", paths[i % 3], (int)o.error, (int)o.sent, o.text);
    outcome_free(&o);
  }
  client_do(&c, &o, "GET", tls_url(url, h.port, "/count"), NULL);
  CHECK_INT(o.error, BOURSE_OK);
  CHECK_STR(o.body, "6");
  outcome_free(&o);
  /* One stream canceled leaves the others alone. */
  for (int i = 0; i < 10; i++) CHECK_INT(client_send(&c, &all[i], &request), BOURSE_OK);
  for (int i = 0; i < 10; i += 2) client_cancel(&c, &all[i]);
  for (int i = 1; i < 10; i += 2) {
    client_wait(&c, &all[i]);
    CHECK_INT(all[i].error, BOURSE_OK);
    CHECK_INT(all[i - 1].completed, 0);
    outcome_free(&all[i]);
  }
  client_close(&c);
  stop(&h);
}

/* A proxy: tunnels CONNECT, answers any other request itself, and refuses what it is told to. */
typedef struct proxy_rules {
  int refuse_status; /* 0: none */
  int garbage;
} proxy_rules;

static void relay(int a, int b) {
  struct pollfd fds[2] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}};
  char buffer[16384];
  while (poll(fds, 2, -1) > 0) {
    for (int i = 0; i < 2; i++) {
      if (fds[i].revents == 0) continue;
      ssize_t n = recv(fds[i].fd, buffer, sizeof buffer, 0);
      if (n <= 0) return;
      server_write(fds[1 - i].fd, buffer, (size_t)n);
    }
  }
}

static int serve_proxy(const server_request *r, void *user_data) {
  const proxy_rules *rules = user_data;
  int port = 0;
  if (rules->refuse_status != 0) {
    server_reply(r->fd, rules->refuse_status, "X-Proxy: no\r\n", "refused", 7);
    return 0;
  }
  if (rules->garbage) {
    server_text(r->fd, "garbage\r\n\r\n");
    return 0;
  }
  if (sscanf(r->head, "CONNECT 127.0.0.1:%d", &port) != 1) return serve_plain(r, NULL);
  struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
    server_text(r->fd, "HTTP/1.1 200 Established\r\nX-Tunnel: yes\r\n\r\n");
    relay(r->fd, fd);
  }
  close(fd);
  return 0;
}

TEST(plain_requests_go_through_a_proxy) {
  proxy_rules rules = {0};
  server *p = server_start(serve_proxy, &rules);
  char proxy[200];
  client c = client_open_with(&bourse__default_allocator, NULL,
                              (bourse__http_options){.proxy = client_url(proxy, p->port, "")});
  outcome o = {0};
  client_do(&c, &o, "GET", "http://exchange.invalid/path", NULL);
  CHECK_INT(o.error, BOURSE_OK);
  CHECK(strncmp(o.body, "GET http://exchange.invalid/path HTTP/1.1\r\n", 43) == 0);
  outcome_free(&o);
  client_close(&c);
  server_stop(p);
}

TEST(tls_goes_through_a_tunnel) {
  make_certificates();
  if (!has_openssl) return;
  proxy_rules rules = {0};
  server *p = server_start(serve_proxy, &rules);
  helper good = start_tls("good");
  char proxy[200], url[200];
  client c = open_with_ca(client_url(proxy, p->port, ""));
  outcome o = {0};
  client_do(&c, &o, "GET", tls_url(url, good.port, "/"), NULL);
  CHECK_INT(o.error, BOURSE_OK);
  CHECK_INT(o.status, 200);
  CHECK(strstr(o.headers, "x-tunnel") == NULL); /* the tunnel's headers are not the reply's */
  CHECK_INT(atomic_load(&p->connections), 1);
  outcome_free(&o);
  client_close(&c);
  stop(&good);
  server_stop(p);
}

static void check_proxy_error(const char *proxy, const char *text) {
  client c = client_open_with(&bourse__default_allocator, NULL, (bourse__http_options){.proxy = proxy});
  outcome o = {0};
  client_do(&c, &o, "POST", "https://127.0.0.1:1/", "order");
  CHECK_INT(o.error, BOURSE_ERROR_PROXY);
  CHECK_INT(o.sent, BOURSE_NO);
  CHECK_INT(o.status, 0);
  if (strstr(o.text, text) == NULL) TEST_FAIL("%s: %s", proxy, o.text);
  outcome_free(&o);
  client_close(&c);
}

TEST(a_proxy_that_does_not_want_is_a_proxy_error) {
  proxy_rules rules = {.refuse_status = 403};
  server *p = server_start(serve_proxy, &rules);
  char proxy[200];
  check_proxy_error(client_url(proxy, p->port, ""), "403");
  rules.refuse_status = 407;
  check_proxy_error(client_url(proxy, p->port, ""), "407");
  rules = (proxy_rules){.garbage = 1};
  check_proxy_error(client_url(proxy, p->port, ""), "");
  server_stop(p);
  check_proxy_error(proxy, ""); /* nobody there */
  check_proxy_error("http://no-such-proxy.invalid:8080", "proxy");
}

TEST_MAIN()
