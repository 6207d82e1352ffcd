/* tests/net/server.h - a small HTTP/1.1 server for tests: one thread accepts, one per connection serves. What it
 * answers is up to a handler, which gets each request whole and writes bytes as it likes. Listens on 127.0.0.1, on a
 * free port. */
#ifndef TESTS_NET_SERVER_H
#define TESTS_NET_SERVER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SERVER_CONNECTIONS_MAX 512

typedef struct server server;

typedef struct server_request {
  server *from;
  int fd;         /* the connection */
  int connection; /* its number, from 1 */
  int number;     /* of the request on this connection, from 1 */
  char *head;     /* request line and headers, NUL-terminated */
  char *body;     /* NUL-terminated */
  size_t body_length;
} server_request;

/* Returns 1 to keep the connection, 0 to close it. */
typedef int server_handler(const server_request *request, void *user_data);

typedef struct server_connection {
  server *from;
  pthread_t thread;
  int fd;
  int number;
} server_connection;

struct server {
  server_handler *handler;
  void *user_data;
  int listener;
  int port;
  pthread_t thread;
  atomic_int stopping;
  atomic_int connections; /* accepted so far */
  atomic_int requests;    /* read whole so far */
  server_connection all[SERVER_CONNECTIONS_MAX];
};

static inline void server_write(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);
    if (n <= 0) return;
    bytes += n;
    length -= (size_t)n;
  }
}

static inline void server_text(int fd, const char *text) { server_write(fd, text, strlen(text)); }

/* A whole reply with a Content-Length. */
static inline void server_reply(int fd, int status, const char *headers, const char *body, size_t length) {
  char head[512];
  int n = snprintf(head, sizeof head, "HTTP/1.1 %d Status\r\nContent-Length: %zu\r\n%s\r\n", status, length, headers);
  server_write(fd, head, (size_t)n);
  server_write(fd, body, length);
}

static inline const char *server_find(const char *text, const char *part) { return strcasestr(text, part); }

/* Bytes up to and with the blank line, then the body that Content-Length announces. 0: the connection ended. */
static inline int server_read(server_connection *connection, server_request *request, char *buffer, size_t size,
                              size_t *have) {
  for (;;) {
    buffer[*have] = '\0';
    char *end = strstr(buffer, "\r\n\r\n");
    if (end != NULL) {
      const char *field = server_find(buffer, "\r\nContent-Length:");
      size_t body = field != NULL && field < end ? strtoul(field + 17, NULL, 10) : 0;
      size_t head = (size_t)(end - buffer) + 4;
      if (*have >= head + body) {
        request->head = strndup(buffer, head);
        request->body = strndup(buffer + head, body);
        request->body_length = body;
        memmove(buffer, buffer + head + body, *have - head - body);
        *have -= head + body;
        return 1;
      }
    }
    if (*have + 1 >= size) return 0;
    ssize_t n = recv(connection->fd, buffer + *have, size - 1 - *have, 0);
    if (n <= 0) return 0;
    *have += (size_t)n;
  }
}

static inline void *server_serve(void *argument) {
  server_connection *connection = argument;
  server *s = connection->from;
  size_t size = 1 << 20, have = 0;
  char *buffer = malloc(size);
  server_request request = {.from = s, .fd = connection->fd, .connection = connection->number};
  int keep = 1;
  while (keep && server_read(connection, &request, buffer, size, &have)) {
    request.number++;
    atomic_fetch_add(&s->requests, 1);
    keep = s->handler(&request, s->user_data);
    free(request.head);
    free(request.body);
  }
  shutdown(connection->fd, SHUT_RDWR);
  free(buffer);
  return NULL;
}

static inline void *server_accept(void *argument) {
  server *s = argument;
  for (;;) {
    int fd = accept(s->listener, NULL, NULL);
    if (fd < 0 || atomic_load(&s->stopping)) {
      if (fd >= 0) close(fd);
      if (fd < 0 && errno == EINTR) continue;
      return NULL;
    }
    int index = atomic_load(&s->connections), at_once = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    if (index >= SERVER_CONNECTIONS_MAX) abort();
    s->all[index] = (server_connection){.from = s, .fd = fd, .number = index + 1};
    if (pthread_create(&s->all[index].thread, NULL, server_serve, &s->all[index]) != 0) abort();
    atomic_fetch_add(&s->connections, 1);
  }
}

static inline server *server_start(server_handler *handler, void *user_data) {
  server *s = calloc(1, sizeof *s);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  s->handler = handler;
  s->user_data = user_data;
  s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(s->listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(s->listener, 256) != 0) abort();
  getsockname(s->listener, (struct sockaddr *)&address, &length);
  s->port = ntohs(address.sin_port);
  if (pthread_create(&s->thread, NULL, server_accept, s) != 0) abort();
  return s;
}

/* Ends all connections and waits for their threads. */
static inline void server_stop(server *s) {
  atomic_store(&s->stopping, 1);
  shutdown(s->listener, SHUT_RDWR);
  pthread_join(s->thread, NULL);
  close(s->listener);
  for (int i = 0; i < atomic_load(&s->connections); i++) shutdown(s->all[i].fd, SHUT_RDWR);
  for (int i = 0; i < atomic_load(&s->connections); i++) {
    pthread_join(s->all[i].thread, NULL);
    close(s->all[i].fd);
  }
  free(s);
}

#endif
