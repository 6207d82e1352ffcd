/* fuzz_websocket.c - arbitrary bytes from a server, fed in arbitrary pieces. The first byte says how: whether the upgrade
 * is answered already and whether compression was agreed upon; the second how long messages may be; the third how large
 * the pieces are. What came must not depend on the pieces, and must keep to the bounds that were asked for. */
#include <bourse/error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "net/websocket.h"

#define REQUIRE(condition_)                                                      \
  do {                                                                           \
    if (!(condition_)) {                                                         \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition_); \
      abort();                                                                   \
    }                                                                            \
  } while (0)

/* What came of it. */
typedef struct sum {
  uint64_t hash;
  int32_t last;
  uint64_t events;
  uint64_t written;
} sum;

static void add(sum *s, const void *bytes, size_t length) {
  const uint8_t *p = bytes;
  for (size_t i = 0; i < length; i++) s->hash = (s->hash ^ p[i]) * UINT64_C(1099511628211);
}

/* The same key each time, so that the corpus can hold its answer. */
static void fill(void *user_data, void *out, size_t size) {
  (void)user_data;
  memset(out, 'k', size);
}

static void begin(bourse__websocket *ws, size_t max, const char *extension, int answered) {
  bourse__websocket_options options = {.random = {NULL, fill}, .message_size_max = max, .output_size_max = 65536};
  bourse__websocket_upgrade upgrade = {
      .host = "h", .host_length = 1, .path = "/", .path_length = 1, .compress = extension != NULL};
  bourse__websocket_event event;
  size_t length;
  memset(ws, 0, sizeof *ws);
  bourse__websocket_init(ws, &bourse__default_allocator, &options);
  REQUIRE(bourse__websocket_begin(ws, &upgrade) == BOURSE_OK);
  REQUIRE(bourse__websocket_output(ws, &length) != NULL);
  bourse__websocket_sent(ws, length);
  if (!answered) return;
  uint8_t *room = bourse__websocket_room(ws, &length);
  REQUIRE(room != NULL);
  int n = snprintf(
      (char *)room, length,
      "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%s%s\r\n\r\n",
      ws->accept, extension != NULL ? "Sec-WebSocket-Extensions: " : "X: ", extension != NULL ? extension : "");
  bourse__websocket_received(ws, (size_t)n);
  REQUIRE(bourse__websocket_next(ws, &event) == BOURSE__WEBSOCKET_OPENED);
}

static void write_out(sum *s, bourse__websocket *ws) {
  size_t length;
  const uint8_t *out;
  while ((out = bourse__websocket_output(ws, &length)) != NULL) {
    REQUIRE(length > 0);
    s->written += length;
    bourse__websocket_sent(ws, (length + 1) / 2);
  }
}

static void take(sum *s, bourse__websocket *ws, size_t max) {
  bourse__websocket_event event = {0};
  int32_t kind;
  while ((kind = bourse__websocket_next(ws, &event)) != 0) {
    REQUIRE(s->last >= 0 && s->last != BOURSE__WEBSOCKET_CLOSED && s->last != BOURSE__WEBSOCKET_REFUSED);
    s->last = kind;
    s->events++;
    add(s, &kind, sizeof kind);
    if (kind < 0) {
      REQUIRE(event.text != NULL);
      continue;
    }
    if (kind == BOURSE_MESSAGE_TEXT || kind == BOURSE_MESSAGE_BINARY) REQUIRE(event.length <= max);
    if (kind == BOURSE__WEBSOCKET_REFUSED) REQUIRE(event.length <= BOURSE__WEBSOCKET_BODY_MAX);
    /* How much of a refusal's body is here when it is cut does depend on the pieces. */
    if (kind != BOURSE__WEBSOCKET_OPENED && kind != BOURSE__WEBSOCKET_REFUSED) add(s, event.bytes, event.length);
  }
}

static sum feed(const uint8_t *data, size_t size, uint32_t how, size_t max, size_t piece, int writes) {
  static const char *const extensions[] = {NULL, "permessage-deflate",
                                           "permessage-deflate; server_no_context_takeover"};
  bourse__websocket ws;
  sum s = {.hash = UINT64_C(14695981039346656037)};
  begin(&ws, max, how % 4 < 3 ? extensions[how % 4] : "", how % 4 < 3);
  if (how & 4) bourse__websocket_send(&ws, BOURSE_MESSAGE_PING, "p", 1);
  while (size > 0) {
    size_t room;
    uint8_t *into = bourse__websocket_room(&ws, &room);
    if (into == NULL) {
      REQUIRE(!bourse__websocket_is_open(&ws)); /* only what nobody reads any more may fill it */
      break;
    }
    size_t n = piece < size ? piece : size;
    if (n > room) n = room;
    memcpy(into, data, n);
    bourse__websocket_received(&ws, n);
    data += n;
    size -= n;
    take(&s, &ws, max);
    if (writes) write_out(&s, &ws);
    REQUIRE(ws.capacity <= max + max / 64 + 1024 + 65536 + 32768);
    REQUIRE(ws.going.capacity + ws.next.capacity <= 131072);
  }
  write_out(&s, &ws);
  bourse__websocket_free(&ws);
  return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 3) return 0;
  size_t max = data[1] < 200 ? data[1] + (size_t)1 : (size_t)(data[1] - 199) * 1024, piece = data[2] + (size_t)1;
  sum whole = feed(data + 3, size - 3, data[0], max, SIZE_MAX, 1),
      pieces = feed(data + 3, size - 3, data[0], max, piece, 1);
  feed(data + 3, size - 3, data[0], max, piece, 0);
  REQUIRE(whole.hash == pieces.hash && whole.events == pieces.events && whole.last == pieces.last);
  return 0;
}
