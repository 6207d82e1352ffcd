/* sim/serve.c - sockets, TLS and the clock. */
#include "serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core.h"

#define EVENTS     64
#define CHUNK      65536
#define GOODBYE_NS (2 * SIM_SECOND_NS) /* for what is still to be sent at the end, and for clients to hang up */

typedef struct peer peer;
struct peer {
  peer *previous, *next;
  sim_server *server;
  sim_connection *connection;
  SSL *ssl;
  int fd;
  int32_t shaking;   /* the TLS handshake is under way */
  int32_t wants_out; /* EPOLLOUT is asked for */
  int64_t ends_ns;   /* all is sent: hung up by then, whatever the client does; 0: not ending */
};

struct sim_server {
  sim *s;
  SSL_CTX *tls;
  peer *first;
  int poll_fd, listen_fd, signal_fd;
  int32_t port, verbose;
  sigset_t before;
};

static int64_t real_ns(void) {
  struct timespec now;
  (void)clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * SIM_SECOND_NS + now.tv_nsec;
}

static void watch(const sim_server *server, int fd, void *who, uint32_t events, int how) {
  struct epoll_event event = {.events = events, .data = {.ptr = who}};
  (void)epoll_ctl(server->poll_fd, how, fd, &event);
}

/* --- Opening --- */

static int32_t open_tls(sim_server *server, const sim_serve_options *options, char *text, size_t size) {
  if (options->tls_cert == NULL) return 1;
  server->tls = SSL_CTX_new(TLS_server_method());
  if (server->tls != NULL && SSL_CTX_use_certificate_chain_file(server->tls, options->tls_cert) == 1 &&
      SSL_CTX_use_PrivateKey_file(server->tls, options->tls_key, SSL_FILETYPE_PEM) == 1 &&
      SSL_CTX_check_private_key(server->tls) == 1) {
    SSL_CTX_set_mode(server->tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return 1;
  }
  (void)snprintf(text, size, "the certificate %s and the key %s cannot be used: %s", options->tls_cert,
                 options->tls_key, ERR_reason_error_string(ERR_get_error()));
  return 0;
}

static int32_t open_port(sim_server *server, const sim_serve_options *options, char *text, size_t size) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options->port)};
  socklen_t length = sizeof address;
  int yes = 1;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  server->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (server->listen_fd >= 0) (void)setsockopt(server->listen_fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (server->listen_fd < 0 || bind(server->listen_fd, (struct sockaddr *)&address, sizeof address) != 0 ||
      listen(server->listen_fd, 256) != 0 ||
      getsockname(server->listen_fd, (struct sockaddr *)&address, &length) != 0) {
    (void)snprintf(text, size, "port %d on 127.0.0.1: %s", (int)options->port, strerror(errno));
    return 0;
  }
  server->port = ntohs(address.sin_port);
  return 1;
}

int32_t sim_server_open(sim_server **out, sim *s, const sim_serve_options *options, char *text, size_t size) {
  sim_server *server = *out = sim_alloc(sizeof *server);
  sigset_t signals;
  server->s = s;
  server->verbose = options->verbose;
  server->listen_fd = server->poll_fd = server->signal_fd = -1;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  (void)sigprocmask(SIG_BLOCK, &signals, &server->before);
  server->signal_fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
  server->poll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (server->signal_fd < 0 || server->poll_fd < 0) {
    (void)snprintf(text, size, "no descriptors: %s", strerror(errno));
  } else if (open_tls(server, options, text, size) && open_port(server, options, text, size)) {
    watch(server, server->listen_fd, &server->listen_fd, EPOLLIN, EPOLL_CTL_ADD);
    watch(server, server->signal_fd, &server->signal_fd, EPOLLIN, EPOLL_CTL_ADD);
    return 1;
  }
  sim_server_free(server);
  *out = NULL;
  return 0;
}

int32_t sim_server_port(const sim_server *server) { return server->port; }

/* --- Peers --- */

static void hang_up(peer *p, int32_t resets) {
  sim_server *server = p->server;
  struct linger at_once = {1, 0};
  if (server->verbose) fprintf(stderr, "connection %d: %s\n", p->fd, resets ? "broken" : "ended");
  if (resets) (void)setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  SSL_free(p->ssl);
  (void)close(p->fd);
  sim_disconnect(p->connection);
  if (p->previous != NULL)
    p->previous->next = p->next;
  else
    server->first = p->next;
  if (p->next != NULL) p->next->previous = p->previous;
  free(p);
}

static void accept_all(sim_server *server) {
  for (;;) {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    char text[INET_ADDRSTRLEN] = "";
    int yes = 1, fd = accept4(server->listen_fd, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return; /* EAGAIN; with no descriptors left, the next round tries again */
    peer *p = sim_alloc(sizeof *p);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    (void)inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
    p->server = server;
    p->fd = fd;
    if (server->tls != NULL) {
      p->ssl = SSL_new(server->tls);
      p->shaking = 1;
      if (p->ssl == NULL || SSL_set_fd(p->ssl, fd) != 1) abort();
    }
    p->connection = sim_connect(server->s, text);
    sim_set_user_data(p->connection, p);
    p->next = server->first;
    if (server->first != NULL) server->first->previous = p;
    server->first = p;
    watch(server, fd, p, EPOLLIN | EPOLLRDHUP, EPOLL_CTL_ADD);
    if (server->verbose) fprintf(stderr, "connection %d: from %s:%d\n", fd, text, ntohs(address.sin_port));
  }
}

static void want_out(peer *p, int32_t wants) {
  if (p->wants_out == wants) return;
  p->wants_out = wants;
  watch(p->server, p->fd, p, EPOLLIN | EPOLLRDHUP | (wants ? (uint32_t)EPOLLOUT : 0u), EPOLL_CTL_MOD);
}

/* Bytes read; 0: nothing now; -1: the client is gone. */
static ssize_t read_some(peer *p, char *bytes, size_t size) {
  ssize_t length;
  if (p->ssl == NULL) {
    length = recv(p->fd, bytes, size, 0);
    if (length > 0) return length;
    return length < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
  }
  ERR_clear_error();
  length = SSL_read(p->ssl, bytes, (int)size);
  if (length > 0) return length;
  int why = SSL_get_error(p->ssl, (int)length);
  return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

static ssize_t write_some(peer *p, const char *bytes, size_t size) {
  ssize_t length;
  if (p->ssl == NULL) {
    length = send(p->fd, bytes, size, MSG_NOSIGNAL);
    if (length >= 0) return length;
    return errno == EAGAIN || errno == EINTR ? 0 : -1;
  }
  ERR_clear_error();
  length = SSL_write(p->ssl, bytes, size > INT32_MAX ? INT32_MAX : (int)size);
  if (length > 0) return length;
  int why = SSL_get_error(p->ssl, (int)length);
  return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

/* 0: the peer is gone. */
static int32_t send_out(peer *p) {
  size_t length;
  if (p->shaking) return 1;
  if (sim_is_ending(p->connection) == SIM_BREAKS) {
    hang_up(p, 1);
    return 0;
  }
  for (;;) {
    const char *bytes = sim_output(p->connection, &length);
    if (length == 0) break;
    ssize_t sent = write_some(p, bytes, length);
    if (sent < 0) {
      hang_up(p, 0);
      return 0;
    }
    if (sent == 0) {
      want_out(p, 1);
      return 1;
    }
    sim_sent(p->connection, (size_t)sent);
  }
  want_out(p, 0);
  if (sim_is_ending(p->connection) == SIM_ENDS && p->ends_ns == 0) {
    if (p->ssl != NULL) (void)SSL_shutdown(p->ssl);
    (void)shutdown(p->fd, SHUT_WR); /* closing at once could take the reply away from the client */
    p->ends_ns = real_ns() + GOODBYE_NS;
  }
  return 1;
}

static void serve_peer(peer *p, uint32_t events) {
  static char bytes[CHUNK];
  if (p->shaking) {
    ERR_clear_error();
    int done = SSL_accept(p->ssl), why = SSL_get_error(p->ssl, done);
    if (done != 1) {
      if (why == SSL_ERROR_WANT_WRITE) want_out(p, 1);
      if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) hang_up(p, 0);
      return;
    }
    p->shaking = 0;
    want_out(p, 0);
  }
  for (int32_t round = 0; round < 64 && (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0; round++) {
    ssize_t length = read_some(p, bytes, sizeof bytes);
    if (length == 0) break;
    if (length < 0) {
      hang_up(p, 0);
      return;
    }
    sim_receive(p->connection, bytes, (size_t)length);
  }
  (void)send_out(p);
}

/* --- Running --- */

static void send_ready(sim_server *server) {
  for (peer *p = server->first, *next; p != NULL; p = next) {
    size_t length;
    next = p->next;
    (void)sim_output(p->connection, &length);
    if (length > 0 || sim_is_ending(p->connection) != SIM_STAYS) (void)send_out(p);
  }
}

static void end_late(sim_server *server, int64_t now_ns) {
  for (peer *p = server->first, *next; p != NULL; p = next) {
    next = p->next;
    if (p->ends_ns != 0 && p->ends_ns <= now_ns) hang_up(p, 0);
  }
}

static int wait_ms(const sim_server *server, int64_t now_ns, int64_t until_ns) {
  int64_t next = sim_next_ns(server->s);
  if (until_ns != 0 && until_ns < next) next = until_ns;
  for (const peer *p = server->first; p != NULL; p = p->next)
    if (p->ends_ns != 0 && p->ends_ns < next) next = p->ends_ns;
  int64_t wait = next <= now_ns ? 0 : (next - now_ns) / SIM_MILLISECOND_NS + 1;
  return wait > 60000 ? 60000 : (int)wait;
}

static void say_goodbye(sim_server *server) {
  (void)close(server->listen_fd);
  server->listen_fd = -1;
  for (sim_connection *c = sim_next_socket(server->s, NULL); c != NULL; c = sim_next_socket(server->s, c))
    sim_send_close(c, 1001, "the simulation ends");
}

int32_t sim_server_run(sim_server *server) {
  int64_t until_ns = 0;
  for (;;) {
    struct epoll_event events[EVENTS];
    int64_t now_ns = real_ns();
    sim_advance(server->s, now_ns);
    send_ready(server);
    end_late(server, now_ns);
    if (until_ns != 0 && (server->first == NULL || now_ns >= until_ns)) return 1;
    int count = epoll_wait(server->poll_fd, events, EVENTS, wait_ms(server, now_ns, until_ns));
    if (count < 0 && errno != EINTR) return 0;
    sim_advance(server->s, real_ns());
    for (int i = 0; i < count; i++) {
      void *who = events[i].data.ptr;
      if (who == &server->listen_fd) {
        accept_all(server);
      } else if (who == &server->signal_fd) {
        struct signalfd_siginfo info;
        while (read(server->signal_fd, &info, sizeof info) > 0) continue;
        if (until_ns != 0) return 1; /* twice: at once */
        until_ns = real_ns() + GOODBYE_NS;
        say_goodbye(server);
      } else {
        serve_peer(who, events[i].events);
      }
    }
  }
}

void sim_server_free(sim_server *server) {
  if (server == NULL) return;
  while (server->first != NULL) hang_up(server->first, 0);
  if (server->listen_fd >= 0) (void)close(server->listen_fd);
  if (server->signal_fd >= 0) (void)close(server->signal_fd);
  if (server->poll_fd >= 0) (void)close(server->poll_fd);
  SSL_CTX_free(server->tls);
  (void)sigprocmask(SIG_SETMASK, &server->before, NULL);
  free(server);
}
