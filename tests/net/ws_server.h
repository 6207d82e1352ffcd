/* tests/net/ws_server.h - a WebSocket server for tests, on 127.0.0.1 and a free port. One thread accepts; each connection
 * has a thread, which reads the request for the upgrade and then runs a script:
 *
 *     static void script(ws_peer *peer, void *user_data) {
 *       ws_accept(peer, NULL);
 *       ws_text(peer, "hello");
 *       ws_frame_in in;
 *       while (ws_read(peer, &in) >= 0) ws_send(peer, in.opcode, in.payload, in.length);
 *     }
 *     ws_server *s = ws_server_start(script, NULL);
 *
 * When the script returns, the connection is closed; to break it instead: ws_reset. Over TLS: define WS_SERVER_TLS before
 * including this, link with libssl, and use ws_server_start_tls. */
#ifndef TESTS_NET_WS_SERVER_H
#define TESTS_NET_WS_SERVER_H

#include <arpa/inet.h>
#include <errno.h>
#include <mbedtls/base64.h>
#include <mbedtls/md.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef WS_SERVER_TLS
#include <openssl/ssl.h>
#endif

enum { WS_MORE = 0, WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10, WS_FINAL = 0x80 };

typedef struct ws_server ws_server;

typedef struct ws_peer {
  ws_server *from;
  struct ws_peer *next;
  int fd;
  int number; /* of the connection, from 1 */
  char *head; /* the request, NUL-terminated */
  void *tls;
  int reset; /* ws_reset was called */
} ws_peer;

/* What a client sent: one frame, unmasked. */
typedef struct ws_frame_in {
  int opcode;
  int final;
  int masked;
  size_t length;
  char *payload; /* NUL-terminated; freed by the next ws_read, which gets the same struct, or ws_frame_free */
} ws_frame_in;

typedef void ws_script(ws_peer *peer, void *user_data);

struct ws_server {
  ws_script *script;
  void *user_data;
  void *tls; /* SSL_CTX */
  int listener;
  int port;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t ended;
  ws_peer *peers;
  atomic_int stopping;
  atomic_int connections; /* accepted so far */
};

static inline int ws_write(ws_peer *peer, const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
#ifdef WS_SERVER_TLS
    ssize_t n = peer->tls != NULL ? SSL_write(peer->tls, at, (int)length) : send(peer->fd, at, length, MSG_NOSIGNAL);
#else
    ssize_t n = send(peer->fd, at, length, MSG_NOSIGNAL);
#endif
    if (n <= 0) return 0;
    at += n;
    length -= (size_t)n;
  }
  return 1;
}

static inline ssize_t ws_read_some(ws_peer *peer, void *bytes, size_t length) {
#ifdef WS_SERVER_TLS
  if (peer->tls != NULL) return SSL_read(peer->tls, bytes, (int)length);
#endif
  return recv(peer->fd, bytes, length, 0);
}

static inline int ws_read_all(ws_peer *peer, void *bytes, size_t length) {
  char *at = bytes;
  while (length > 0) {
    ssize_t n = ws_read_some(peer, at, length);
    if (n <= 0) return 0;
    at += n;
    length -= (size_t)n;
  }
  return 1;
}

static inline int ws_raw(ws_peer *peer, const char *text) { return ws_write(peer, text, strlen(text)); }

/* Value of a header of the request, in a buffer of its own; "" when it is not there. */
static inline const char *ws_header(const ws_peer *peer, const char *name, char out[256]) {
  char search[64];
  snprintf(search, sizeof search, "\r\n%s:", name);
  const char *at = strcasestr(peer->head, search);
  out[0] = '\0';
  if (at == NULL) return out;
  at += strlen(search);
  while (*at == ' ') at++;
  snprintf(out, 256, "%.*s", (int)strcspn(at, "\r"), at);
  return out;
}

/* The right Sec-WebSocket-Accept. */
static inline void ws_accept_value(const ws_peer *peer, char out[64]) {
  char key[256], both[320];
  unsigned char digest[20];
  size_t length;
  snprintf(both, sizeof both, "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", ws_header(peer, "Sec-WebSocket-Key", key));
  mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA1), (unsigned char *)both, strlen(both), digest);
  mbedtls_base64_encode((unsigned char *)out, 64, &length, digest, sizeof digest);
}

/* Agrees to the upgrade. `headers`: more of them, each with its line's end; NULL: none. */
static inline int ws_accept(ws_peer *peer, const char *headers) {
  char accept[64], head[1024];
  ws_accept_value(peer, accept);
  snprintf(head, sizeof head,
           "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: %s\r\n%s\r\n",
           accept, headers != NULL ? headers : "");
  return ws_raw(peer, head);
}

/* Refuses the upgrade with a whole HTTP reply. */
static inline int ws_refuse(ws_peer *peer, int status, const char *headers, const char *body) {
  char head[1024];
  snprintf(head, sizeof head, "HTTP/1.1 %d Status\r\nContent-Length: %zu\r\n%s\r\n", status, strlen(body),
           headers != NULL ? headers : "");
  return ws_raw(peer, head) && ws_raw(peer, body);
}

/* A frame as a server writes it into `out`, which has room for 10 bytes more than the payload. Returns its length. */
static inline size_t ws_frame_write(uint8_t *out, int first, const void *payload, size_t length) {
  size_t at = 0;
  out[at++] = (uint8_t)first;
  if (length < 126) {
    out[at++] = (uint8_t)length;
  } else {
    int more = length < 65536 ? 2 : 8;
    out[at++] = more == 2 ? 126 : 127;
    for (int i = more - 1; i >= 0; i--) out[at++] = (uint8_t)((uint64_t)length >> (8 * i));
  }
  if (length > 0) memcpy(out + at, payload, length);
  return at + length;
}

/* A frame; `first` is its first byte: WS_FINAL, reserved bits and opcode. */
static inline int ws_frame(ws_peer *peer, int first, const void *payload, size_t length) {
  uint8_t *frame = malloc(length + 10);
  size_t size = ws_frame_write(frame, first, payload, length);
  int ok = ws_write(peer, frame, size);
  free(frame);
  return ok;
}

static inline int ws_send(ws_peer *peer, int opcode, const void *payload, size_t length) {
  return ws_frame(peer, WS_FINAL | opcode, payload, length);
}

static inline int ws_text(ws_peer *peer, const char *text) { return ws_send(peer, WS_TEXT, text, strlen(text)); }

static inline int ws_close(ws_peer *peer, int code, const char *reason) {
  char payload[125];
  size_t length = strlen(reason) < 123 ? strlen(reason) : 123;
  payload[0] = (char)(code >> 8);
  payload[1] = (char)code;
  memcpy(payload + 2, reason, length);
  return ws_send(peer, WS_CLOSE, payload, length + 2);
}

/* Reads a frame of the client's; its opcode, or -1: the connection ended. Begin with a zeroed struct. */
static inline int ws_read(ws_peer *peer, ws_frame_in *in) {
  uint8_t head[8], key[4] = {0};
  free(in->payload);
  memset(in, 0, sizeof *in);
  if (!ws_read_all(peer, head, 2)) return -1;
  in->opcode = head[0] & 15;
  in->final = head[0] >> 7;
  in->masked = head[1] >> 7;
  uint64_t length = head[1] & 127;
  if (length >= 126) {
    size_t more = length == 126 ? 2 : 8;
    if (!ws_read_all(peer, head, more)) return -1;
    length = 0;
    for (size_t i = 0; i < more; i++) length = length << 8 | head[i];
  }
  if (in->masked && !ws_read_all(peer, key, 4)) return -1;
  in->payload = malloc(length + 1);
  if (!ws_read_all(peer, in->payload, length)) return -1;
  for (uint64_t i = 0; i < length; i++) in->payload[i] = (char)((uint8_t)in->payload[i] ^ key[i & 3]);
  in->payload[length] = '\0';
  in->length = length;
  return in->opcode;
}

static inline void ws_frame_free(ws_frame_in *in) {
  free(in->payload);
  in->payload = NULL;
}

/* Says nothing more until the client ends the connection, or the server stops. */
static inline void ws_silence(ws_peer *peer) {
  char bytes[4096];
  while (ws_read_some(peer, bytes, sizeof bytes) > 0) continue;
}

/* Breaks the connection when the script returns: the client gets a reset instead of an end. */
static inline void ws_reset(ws_peer *peer) {
  struct linger now = {1, 0};
  peer->reset = 1;
  setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

/* 1: the server is told to stop. For scripts that go on and on. */
static inline int ws_stopping(const ws_peer *peer) { return atomic_load(&peer->from->stopping); }

/* Closing with something unread would be a reset, and the client might lose what was sent before. */
static inline void ws_linger(ws_peer *peer) {
  struct timeval patience = {2, 0};
  char bytes[4096];
  shutdown(peer->fd, SHUT_WR);
  setsockopt(peer->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  while (recv(peer->fd, bytes, sizeof bytes, 0) > 0) continue;
}

static inline int ws_read_head(ws_peer *peer) {
  size_t length = 0, size = 65536;
  peer->head = malloc(size);
  for (;;) {
    if (length + 1 >= size || ws_read_some(peer, peer->head + length, 1) != 1) return 0;
    peer->head[++length] = '\0';
    if (length >= 4 && memcmp(peer->head + length - 4, "\r\n\r\n", 4) == 0) return 1;
  }
}

static inline void *ws_serve(void *argument) {
  ws_peer *peer = argument;
  ws_server *s = peer->from;
  int ready = 1;
#ifdef WS_SERVER_TLS
  sigset_t pipe_signal; /* OpenSSL writes without asking for no signal */
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
  if (s->tls != NULL) {
    peer->tls = SSL_new(s->tls);
    SSL_set_fd(peer->tls, peer->fd);
    ready = SSL_accept(peer->tls) == 1;
  }
#endif
  if (ready && ws_read_head(peer)) s->script(peer, s->user_data);
  if (!peer->reset) ws_linger(peer);
#ifdef WS_SERVER_TLS
  if (peer->tls != NULL) SSL_free(peer->tls); /* with no goodbye of TLS: the scripts say what they want said */
#endif
  pthread_mutex_lock(&s->lock);
  ws_peer **at = &s->peers;
  while (*at != peer) at = &(*at)->next;
  *at = peer->next;
  close(peer->fd);
  free(peer->head);
  free(peer);
  pthread_cond_signal(&s->ended);
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

static inline void *ws_accept_all(void *argument) {
  ws_server *s = argument;
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  for (;;) {
    int fd = accept(s->listener, NULL, NULL), at_once = 1;
    pthread_t thread;
    if (fd < 0 && errno == EINTR) continue;
    if (fd < 0 || atomic_load(&s->stopping)) {
      if (fd >= 0) close(fd);
      break;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    ws_peer *peer = calloc(1, sizeof *peer);
    peer->from = s;
    peer->fd = fd;
    pthread_mutex_lock(&s->lock);
    peer->number = atomic_fetch_add(&s->connections, 1) + 1;
    peer->next = s->peers;
    s->peers = peer;
    if (pthread_create(&thread, &detached, ws_serve, peer) != 0) abort();
    pthread_mutex_unlock(&s->lock);
  }
  pthread_attr_destroy(&detached);
  return NULL;
}

static inline ws_server *ws_server_start_with(ws_script *script, void *user_data, void *tls) {
  ws_server *s = calloc(1, sizeof *s);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  s->script = script;
  s->user_data = user_data;
  s->tls = tls;
  pthread_mutex_init(&s->lock, NULL);
  pthread_cond_init(&s->ended, NULL);
  s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(s->listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(s->listener, 256) != 0) abort();
  getsockname(s->listener, (struct sockaddr *)&address, &length);
  s->port = ntohs(address.sin_port);
  if (pthread_create(&s->thread, NULL, ws_accept_all, s) != 0) abort();
  return s;
}

static inline ws_server *ws_server_start(ws_script *script, void *user_data) {
  return ws_server_start_with(script, user_data, NULL);
}

#ifdef WS_SERVER_TLS
/* With a certificate and its key, PEM files. */
static inline ws_server *ws_server_start_tls(ws_script *script, void *user_data, const char *certificate,
                                             const char *key) {
  SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
  if (SSL_CTX_use_certificate_chain_file(tls, certificate) != 1 ||
      SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1)
    abort();
  return ws_server_start_with(script, user_data, tls);
}
#endif

/* Ends all connections and waits for their scripts. */
static inline void ws_server_stop(ws_server *s) {
  atomic_store(&s->stopping, 1);
  shutdown(s->listener, SHUT_RDWR);
  pthread_join(s->thread, NULL);
  close(s->listener);
  pthread_mutex_lock(&s->lock);
  for (ws_peer *peer = s->peers; peer != NULL; peer = peer->next) shutdown(peer->fd, SHUT_RDWR);
  while (s->peers != NULL) pthread_cond_wait(&s->ended, &s->lock);
  pthread_mutex_unlock(&s->lock);
  pthread_mutex_destroy(&s->lock);
  pthread_cond_destroy(&s->ended);
#ifdef WS_SERVER_TLS
  SSL_CTX_free(s->tls);
#endif
  free(s);
}

#endif
