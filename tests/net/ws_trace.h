/* tests/net/ws_trace.h - for tests of the protocol alone: an open protocol, bytes fed to it in pieces, and what came of it
 * as a line of text. */
#ifndef TESTS_NET_WS_TRACE_H
#define TESTS_NET_WS_TRACE_H

#include <mbedtls/base64.h>
#include <mbedtls/md.h>

#include <bourse/error.h>

#include "core/arena.h"
#include "net/websocket.h"
#include "test.h"

#define TRACE_SIZE 4096

/* "T:hello B:... P:... C1000:bye E-505", and behind that what was written: ">pong:.. >close1002". Long payloads stand for
 * themselves by their length and a sum. */
typedef struct ws_trace {
  char text[2 * TRACE_SIZE];
  char written[TRACE_SIZE];
} ws_trace;

static inline void trace_put(ws_trace *t, const char *what, const uint8_t *bytes, size_t length) {
  char *at = what[0] == '>' ? t->written : t->text;
  size_t used = strlen(at), room = TRACE_SIZE - used;
  at += used;
  if (room < 200) return;
  int n = snprintf(at, room, "%s%s", used > 0 ? " " : "", what);
  if (length > 40) {
    uint64_t sum = 14695981039346656037u;
    for (size_t i = 0; i < length; i++) sum = (sum ^ bytes[i]) * 1099511628211u;
    n += snprintf(at + n, room - (size_t)n, "#%zu#%016llx", length, (unsigned long long)sum);
  } else {
    for (size_t i = 0; i < length; i++)
      n += snprintf(at + n, room - (size_t)n, bytes[i] > ' ' && bytes[i] < 127 ? "%c" : "\\%02x", bytes[i]);
  }
}

/* All of it in one line. */
static inline const char *trace_line(ws_trace *t) {
  size_t used = strlen(t->text);
  snprintf(t->text + used, sizeof t->text - used, "%s%s", used > 0 && t->written[0] != '\0' ? " " : "", t->written);
  t->written[0] = '\0';
  return t->text;
}

/* Takes the output; frames must be masked and whole. */
static inline void trace_output(ws_trace *t, bourse__websocket *ws) {
  const uint8_t *out;
  size_t length;
  while ((out = bourse__websocket_output(ws, &length)) != NULL) {
    size_t at = 0;
    while (at < length) {
      uint8_t payload[65536];
      char what[32];
      int opcode = out[at] & 15;
      size_t size = out[at + 1] & 127, head = size == 126 ? 4 : size == 127 ? 10 : 2;
      CHECK_INT(out[at] >> 4, 8);
      CHECK_INT(out[at + 1] >> 7, 1);
      if (head > 2) size = 0;
      for (size_t i = 2; i < head; i++) size = size << 8 | out[at + i];
      const uint8_t *key = out + at + head, *data = key + 4;
      if (size > sizeof payload) abort();
      for (size_t i = 0; i < size; i++) payload[i] = data[i] ^ key[i & 3];
      int code = opcode == 8 && size >= 2 ? payload[0] << 8 | payload[1] : 0;
      if (opcode == 8)
        snprintf(what, sizeof what, size == 0 ? ">close" : ">close%d", code);
      else
        snprintf(what, sizeof what, ">%s:", opcode == 10 ? "pong" : opcode == 9 ? "ping" : opcode == 1 ? "T" : "B");
      size_t skip = opcode == 8 && size >= 2 ? 2 : 0;
      trace_put(t, what, payload + skip, size - skip);
      at += head + 4 + size;
    }
    CHECK_INT(at, length);
    bourse__websocket_sent(ws, length);
  }
}

static inline void trace_events(ws_trace *t, bourse__websocket *ws) {
  bourse__websocket_event event = {0};
  int32_t kind;
  while ((kind = bourse__websocket_next(ws, &event)) != 0) {
    char what[64];
    const uint8_t *bytes = (const uint8_t *)event.bytes;
    if (kind < 0) {
      snprintf(what, sizeof what, "E%d", (int)kind);
      trace_put(t, what, NULL, 0);
      CHECK(event.text != NULL && event.text[0] != '\0');
    } else if (kind == BOURSE__WEBSOCKET_OPENED) {
      trace_put(t, "open", NULL, 0);
    } else {
      snprintf(what, sizeof what,
               kind == BOURSE__WEBSOCKET_CLOSED    ? "C%d:"
               : kind == BOURSE__WEBSOCKET_REFUSED ? "R%d:"
               : kind == BOURSE_MESSAGE_TEXT       ? "T:"
               : kind == BOURSE_MESSAGE_BINARY     ? "B:"
                                                   : "P:",
               (int)event.code);
      trace_put(t, what, bytes, event.length);
    }
    trace_output(t, ws);
  }
  trace_output(t, ws);
}

/* What is written into the room comes back as it is read, `step` bytes at a time, the first piece of `first` (0: step). */
static inline void trace_feed(ws_trace *t, bourse__websocket *ws, const uint8_t *bytes, size_t length, size_t step,
                              size_t first) {
  size_t piece = first != 0 ? first : step;
  while (length > 0) {
    size_t room;
    uint8_t *into = bourse__websocket_room(ws, &room);
    if (into == NULL) {
      trace_put(t, "no-room", NULL, 0);
      return;
    }
    size_t n = piece < length ? piece : length;
    if (n > room) n = room;
    memcpy(into, bytes, n);
    bourse__websocket_received(ws, n);
    bytes += n;
    length -= n;
    piece = step;
    trace_events(t, ws);
  }
}

static inline void trace_random(void *user_data, void *out, size_t size) {
  uint32_t *state = user_data;
  for (size_t i = 0; i < size; i++) {
    *state = *state * 1664525u + 1013904223u;
    ((uint8_t *)out)[i] = (uint8_t)(*state >> 24);
  }
}

/* The request's key, answered. `out` has room for 64. */
static inline void trace_accept(char *out, const char *request, size_t length) {
  char text[4096], both[128];
  unsigned char digest[20];
  size_t written;
  snprintf(text, sizeof text, "%.*s", (int)length, request);
  const char *at = strstr(text, "Sec-WebSocket-Key: ");
  if (at == NULL) abort();
  snprintf(both, sizeof both, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", at + 19);
  mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA1), (unsigned char *)both, strlen(both), digest);
  mbedtls_base64_encode((unsigned char *)out, 64, &written, digest, sizeof digest);
}

static uint32_t trace_seed;

static inline bourse__websocket_options trace_options(size_t max) {
  return (bourse__websocket_options){
      .random = {&trace_seed, trace_random}, .message_size_max = max, .output_size_max = 1 << 20};
}

/* Asks for the upgrade; the request is taken out. */
static inline void trace_begin(bourse__websocket *ws, const bourse_allocator *allocator, size_t max, int compress,
                               char accept[64]) {
  bourse__websocket_options options = trace_options(max);
  bourse__websocket_upgrade upgrade = {
      .host = "h", .host_length = 1, .path = "/", .path_length = 1, .compress = compress};
  size_t length = 0;
  memset(ws, 0, sizeof *ws);
  bourse__websocket_init(ws, allocator, &options);
  CHECK_INT(bourse__websocket_begin(ws, &upgrade), BOURSE_OK);
  const uint8_t *request = bourse__websocket_output(ws, &length);
  trace_accept(accept, (const char *)request, length);
  bourse__websocket_sent(ws, length);
}

/* `extension`: as the server answers; NULL: none is offered. */
static inline void trace_open(bourse__websocket *ws, size_t max, const char *extension) {
  char accept[64], head[512];
  ws_trace t = {0};
  trace_begin(ws, &bourse__default_allocator, max, extension != NULL, accept);
  int n =
      snprintf(head, sizeof head,
               "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s%s%s\r\n",
               accept, extension != NULL ? "Sec-WebSocket-Extensions: " : "", extension != NULL ? extension : "",
               extension != NULL ? "\r\n" : "");
  trace_feed(&t, ws, (uint8_t *)head, (size_t)n, SIZE_MAX, 0);
  CHECK_STR(t.text, "open");
}

#endif
