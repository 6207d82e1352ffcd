/* tests/net/ws_client.h - for tests: WebSocket connections of the default transport, and what became of each. */
#ifndef TESTS_NET_WS_CLIENT_H
#define TESTS_NET_WS_CLIENT_H

#include "net/client.h"

/* Its address is the token of its connection. */
typedef struct wire {
  client *c;
  void *socket;
  int opened;
  int closed;
  int messages;
  int pongs;
  char *last; /* NUL-terminated copy of the newest message */
  size_t last_length;
  int32_t last_kind;
  uint64_t bytes; /* of all messages */
  int64_t received_ns;
  int64_t received_monotonic_ns;
  int32_t error;
  int32_t http_status;
  int32_t close_code;
  int64_t retry_after_ms;
  char text[2100];
  void (*on_open)(struct wire *w);
  void (*on_message)(struct wire *w, const char *bytes, size_t length);
  void (*on_closed)(struct wire *w);
  void *user_data;
} wire;

void bourse_socket_opened(bourse_socket_token *token) {
  wire *w = (wire *)(void *)token;
  CHECK_INT(w->opened + w->closed, 0);
  w->opened++;
  if (w->on_open != NULL) w->on_open(w);
}

void bourse_socket_message(bourse_socket_token *token, int32_t kind, const char *bytes, size_t length,
                           int64_t received_ns, int64_t received_monotonic_ns) {
  wire *w = (wire *)(void *)token;
  CHECK_INT(w->opened, 1);
  CHECK_INT(w->closed, 0);
  if (kind == BOURSE_MESSAGE_PONG)
    w->pongs++;
  else
    w->messages++;
  free(w->last);
  w->last = malloc(length + 1);
  if (length > 0) memcpy(w->last, bytes, length);
  w->last[length] = '\0';
  w->last_length = length;
  w->last_kind = kind;
  w->bytes += length;
  w->received_ns = received_ns;
  w->received_monotonic_ns = received_monotonic_ns;
  if (w->on_message != NULL) w->on_message(w, bytes, length);
}

void bourse_socket_closed(bourse_socket_token *token, const bourse_socket_end *end) {
  wire *w = (wire *)(void *)token;
  CHECK_INT(w->closed, 0);
  w->closed++;
  w->error = end->error;
  w->http_status = end->http_status;
  w->close_code = end->close_code;
  w->retry_after_ms = end->retry_after_ms;
  snprintf(w->text, sizeof w->text, "%s", end->text);
  if (w->on_closed != NULL) w->on_closed(w);
}

static inline bourse_socket_request wire_request(const char *url) {
  return (bourse_socket_request){
      .struct_size = sizeof(bourse_socket_request), .url = url, .timeout_ms = 30000, .message_size_max = 1 << 24};
}

static inline int32_t wire_connect(wire *w, client *c, const bourse_socket_request *request) {
  w->c = c;
  return c->transport.connect(c->transport.user_data, request, (bourse_socket_token *)(void *)w, &w->socket);
}

static inline int32_t wire_send(wire *w, int32_t kind, const char *bytes, size_t length) {
  return w->c->transport.send_message(w->c->transport.user_data, w->socket, kind, bytes, length);
}

static inline int32_t wire_text(wire *w, const char *text) {
  return wire_send(w, BOURSE_MESSAGE_TEXT, text, strlen(text));
}

static inline void wire_pause(wire *w, int32_t paused) {
  w->c->transport.pause(w->c->transport.user_data, w->socket, paused);
}

static inline void wire_disconnect(wire *w) { w->c->transport.disconnect(w->c->transport.user_data, w->socket); }

/* Runs the loop until *counter reaches `count`. */
static inline void wire_wait(wire *w, const int *counter, int count) {
  int64_t until = bourse__loop_monotonic_ns(w->c->loop) + CLIENT_PATIENCE_NS;
  while (*counter < count && (!w->closed || counter == &w->closed) && bourse__loop_monotonic_ns(w->c->loop) < until)
    CHECK(bourse__loop_run(w->c->loop, 1000) >= 0);
  if (*counter < count) TEST_FAIL("waited in vain: %d of %d; closed %d, %s", *counter, count, w->closed, w->text);
}

static inline void wire_free(wire *w) {
  free(w->last);
  w->last = NULL;
}

static inline const char *wire_url(char out[200], int port, const char *path) {
  snprintf(out, 200, "ws://127.0.0.1:%d%s", port, path);
  return out;
}

#endif
