/* sim/socket.c - WebSocket as a server (RFC 6455); wslay frames the messages. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <wslay/wslay.h>

#include "core.h"

#define MESSAGE_MAX (4 * 1024 * 1024)

struct sim_socket {
  wslay_event_context_ptr context;
  sim_buffer swapped; /* a message that waits for the next one to go first (a planned fault) */
  int32_t closing;
};

static ssize_t on_read(wslay_event_context_ptr context, uint8_t *out, size_t size, int flags, void *user_data) {
  sim_connection *c = user_data;
  (void)flags;
  size_t length = c->in.length < size ? c->in.length : size;
  if (length == 0) {
    wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
    return -1;
  }
  memcpy(out, c->in.bytes, length);
  sim_buffer_take(&c->in, length);
  return (ssize_t)length;
}

static ssize_t on_write(wslay_event_context_ptr context, const uint8_t *bytes, size_t length, int flags,
                        void *user_data) {
  (void)context;
  (void)flags;
  sim_emit(user_data, bytes, length);
  return (ssize_t)length;
}

static void on_message(wslay_event_context_ptr context, const struct wslay_event_on_msg_recv_arg *message,
                       void *user_data) {
  sim_connection *c = user_data;
  sim *s = c->s;
  (void)context;
  if (c->gone || c->ending != SIM_STAYS) return;
  if (message->opcode == WSLAY_PONG && s->dialect->pong != NULL) s->dialect->pong(s, c);
  if (message->opcode == WSLAY_PING && s->dialect->ping != NULL) s->dialect->ping(s, c);
  if (message->opcode != WSLAY_TEXT_FRAME && message->opcode != WSLAY_BINARY_FRAME) return;
  char *text = sim_copy((const char *)message->msg, message->msg_length);
  s->dialect->message(s, c, text, message->msg_length);
  free(text);
}

static void accept_text(char out[64], const char *key) {
  uint8_t digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  sim_buffer text = {0};
  sim_buffer_text(&text, key);
  sim_buffer_text(&text, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
  (void)EVP_Digest(text.bytes, text.length, digest, &length, EVP_sha1(), NULL);
  (void)EVP_EncodeBlock((uint8_t *)out, digest, (int)length);
  sim_buffer_free(&text);
}

void sim_socket_open(sim_connection *c, const char *key) {
  static const struct wslay_event_callbacks callbacks = {
      .recv_callback = on_read, .send_callback = on_write, .on_msg_recv_callback = on_message};
  char accept[64];
  sim_buffer out = {0};
  accept_text(accept, key);
  c->socket = sim_alloc(sizeof *c->socket);
  if (wslay_event_context_server_init(&c->socket->context, &callbacks, c) != 0) abort();
  wslay_event_config_set_max_recv_msg_length(c->socket->context, MESSAGE_MAX);
  sim_buffer_format(&out,
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    "Sec-WebSocket-Accept: %s\r\n\r\n",
                    accept);
  sim_emit(c, out.bytes, out.length);
  sim_buffer_free(&out);
  c->mode = SIM_SOCKET;
  if (c->s->dialect->opened != NULL) c->s->dialect->opened(c->s, c);
}

static void flush(sim_connection *c) {
  sim_socket *socket = c->socket;
  if (wslay_event_want_write(socket->context) && wslay_event_send(socket->context) != 0) c->ending = SIM_BREAKS;
  if (wslay_event_get_close_sent(socket->context) &&
      (wslay_event_get_close_received(socket->context) || !wslay_event_want_read(socket->context)) &&
      c->ending == SIM_STAYS)
    c->ending = SIM_ENDS;
}

void sim_socket_run(sim_connection *c) {
  c->busy++;
  if (wslay_event_want_read(c->socket->context) && wslay_event_recv(c->socket->context) != 0) c->ending = SIM_BREAKS;
  if (c->ending != SIM_BREAKS) flush(c);
  c->busy--;
}

void sim_socket_free(sim_connection *c) {
  if (c->socket == NULL) return;
  wslay_event_context_free(c->socket->context);
  sim_buffer_free(&c->socket->swapped);
  free(c->socket);
  c->socket = NULL;
}

static void queue(sim_connection *c, uint8_t opcode, const char *bytes, size_t length) {
  struct wslay_event_msg message = {opcode, (const uint8_t *)bytes, length};
  if (wslay_event_queue_msg(c->socket->context, &message) == 0) flush(c);
}

/* A message on its way, past what is planned to go wrong. */
static void send_message(sim_connection *c, const char *text, size_t length) {
  sim *s = c->s;
  sim_socket *socket = c->socket;
  if (c->mode != SIM_SOCKET || socket == NULL || c->ending != SIM_STAYS || socket->closing) return;
  if (sim_fault_row_at(s, "break_socket", NULL, c->path, NULL) != NULL) {
    c->ending = SIM_BREAKS;
    return;
  }
  if (sim_fault_row_at(s, "drop_message", NULL, c->path, NULL) != NULL) return;
  sim_fault_row *row = sim_fault_row_at(s, "delay_message", NULL, c->path, NULL);
  if (row != NULL) sim_hold(c, s->now_ns + row->delay_ns);
  if (socket->swapped.length == 0 && sim_fault_row_at(s, "swap_message", NULL, c->path, NULL) != NULL) {
    sim_buffer_add(&socket->swapped, text, length);
    return;
  }
  row = sim_fault_row_at(s, "corrupt_message", NULL, c->path, NULL);
  if (row != NULL && length > 0) {
    char *copy = sim_copy(text, length);
    copy[(size_t)row->at % length] = '#';
    queue(c, WSLAY_TEXT_FRAME, copy, length);
    free(copy);
  } else {
    queue(c, WSLAY_TEXT_FRAME, text, length);
  }
  if (sim_fault_row_at(s, "duplicate_message", NULL, c->path, NULL) != NULL) queue(c, WSLAY_TEXT_FRAME, text, length);
  if (socket->swapped.length == 0) return;
  queue(c, WSLAY_TEXT_FRAME, socket->swapped.bytes, socket->swapped.length);
  socket->swapped.length = 0;
}

void sim_send_text(sim_connection *connection, const char *text) { send_message(connection, text, strlen(text)); }

void sim_send_json(sim_connection *connection, cJSON *json) {
  char *text = cJSON_PrintUnformatted(json);
  if (text != NULL) sim_send_text(connection, text);
  cJSON_free(text);
  cJSON_Delete(json);
}

void sim_send_ping(sim_connection *connection, const char *text) {
  if (connection->mode == SIM_SOCKET && connection->ending == SIM_STAYS && !connection->socket->closing)
    queue(connection, WSLAY_PING, text, strlen(text));
}

void sim_send_close(sim_connection *connection, int32_t code, const char *reason) {
  sim_socket *socket = connection->socket;
  if (connection->mode != SIM_SOCKET || connection->ending != SIM_STAYS || socket->closing) return;
  socket->closing = 1;
  if (wslay_event_queue_close(socket->context, (uint16_t)code, (const uint8_t *)reason, strlen(reason)) == 0)
    flush(connection);
}

void sim_break(sim_connection *connection) { connection->ending = SIM_BREAKS; }
