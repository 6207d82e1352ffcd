/* net/websocket.c - WebSocket frames and messages, the client's side. */
#include "net/websocket.h"

#include <string.h>

#include <bourse/error.h>

#include "core/arena.h"
#include "core/scan.h"

#define READ_MIN    16384u /* the least room to read into */
#define OUTPUT_MIN  512u
#define PONGS_MAX   16384u /* output that may wait when a ping is answered; beyond it only the last ping is */
#define SMALL_READS 1000u  /* after so many, a buffer that grew for something large is given back */
#define CONTROL_MAX 125u

#define FINAL      0x80u
#define RSV        0x70u
#define COMPRESSED 0x40u
#define OPCODE     0x0Fu
#define MASKED     0x80u

enum { CONTINUATION = 0, TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };

void bourse__websocket_init(bourse__websocket *ws, const bourse_allocator *allocator,
                            const bourse__websocket_options *options) {
  ws->allocator = *allocator;
  ws->options = *options;
  ws->pong_length = -1;
}

void bourse__websocket_free(bourse__websocket *ws) {
  bourse__inflater_free(ws->inflater);
  bourse__release(&ws->allocator, ws->input);
  bourse__release(&ws->allocator, ws->going.data);
  bourse__release(&ws->allocator, ws->next.data);
}

int32_t bourse__websocket_is_open(const bourse__websocket *ws) { return ws->state == BOURSE__WEBSOCKET_OPEN; }

/* Reading. */

/* The most a message may have on its way here. Compressing makes one that cannot be compressed a little longer: that
 * alone is no reason to refuse it. */
static size_t wire_max(const bourse__websocket *ws, int32_t compressed) {
  size_t max = ws->options.message_size_max, slack = compressed ? max / 64 + 1024 : 0;
  return max > SIZE_MAX - slack ? SIZE_MAX : max + slack;
}

/* The most that can be unread: a message, its last frame's header, a control frame, and what is read next. */
static size_t capacity_max(const bourse__websocket *ws) {
  size_t largest = wire_max(ws, ws->inflater != NULL);
  if (largest < BOURSE__WEBSOCKET_HEAD_MAX) largest = BOURSE__WEBSOCKET_HEAD_MAX;
  return largest > SIZE_MAX - 2 * READ_MIN ? SIZE_MAX : largest + 2 * READ_MIN;
}

/* Moves what is still needed to the buffer's beginning. */
static void compact(bourse__websocket *ws) {
  size_t from = ws->kind != 0 ? ws->message : ws->at, assembled = ws->kind != 0 ? ws->message_end - from : 0;
  size_t moved = ws->at - assembled;
  if (moved == 0) return;
  if (from != 0 && assembled != 0) memmove(ws->input, ws->input + from, assembled);
  memmove(ws->input + assembled, ws->input + ws->at, ws->end - ws->at);
  ws->checked = ws->checked > from ? ws->checked - from : 0;
  ws->message = 0;
  ws->message_end = assembled;
  ws->at -= moved;
  ws->end -= moved;
}

static int32_t resize(bourse__websocket *ws, size_t capacity) {
  uint8_t *input = bourse__realloc(&ws->allocator, ws->input, capacity);
  if (input == NULL) return 0;
  ws->input = input;
  ws->capacity = capacity;
  return 1;
}

uint8_t *bourse__websocket_room(bourse__websocket *ws, size_t *out_size) {
  if (ws->at == ws->end && ws->kind == 0) {
    ws->at = ws->end = ws->checked = 0;
    if (ws->capacity > BOURSE__WEBSOCKET_ROOM_MIN && ++ws->small_reads > SMALL_READS) {
      ws->small_reads = 0;
      resize(ws, BOURSE__WEBSOCKET_ROOM_MIN); /* if that fails, it stays as it is */
    }
  } else if (ws->capacity - ws->end < ws->capacity / 4) {
    compact(ws);
  }
  if (ws->end > BOURSE__WEBSOCKET_ROOM_MIN - READ_MIN) ws->small_reads = 0;
  if (ws->capacity - ws->end < READ_MIN) {
    size_t max = capacity_max(ws), capacity = ws->capacity * 2;
    if (ws->capacity == 0) capacity = BOURSE__WEBSOCKET_ROOM_MIN;
    if (capacity > max || capacity < ws->capacity) capacity = max;
    if (capacity > ws->capacity && !resize(ws, capacity)) return NULL;
  }
  *out_size = ws->capacity - ws->end;
  return *out_size != 0 ? ws->input + ws->end : NULL;
}

void bourse__websocket_received(bourse__websocket *ws, size_t length) { ws->end += length; }

int32_t bourse__websocket_fail(bourse__websocket *ws, bourse__websocket_event *event, int32_t error, int32_t code,
                               const char *text) {
  if (code != 0) bourse__websocket_close(ws, code);
  ws->state = BOURSE__WEBSOCKET_ENDED;
  event->text = text;
  return error;
}

static int32_t violation(bourse__websocket *ws, bourse__websocket_event *event, const char *text) {
  return bourse__websocket_fail(ws, event, BOURSE_ERROR_BAD_REPLY, 1002, text);
}

static int32_t too_long(bourse__websocket *ws, bourse__websocket_event *event) {
  return bourse__websocket_fail(ws, event, BOURSE_ERROR_BAD_REPLY, 1009, "the message is longer than message_size_max");
}

/* Text. */

#ifdef __SSE2__
static __m128i load_16(const uint8_t *p) { return _mm_loadu_si128((const __m128i *)(const void *)p); }
#endif

/* The first byte that is not ASCII, or one near before it; `end` when all are. */
static const uint8_t *skip_ascii(const uint8_t *p, const uint8_t *end) {
#ifdef __SSE2__
  if (end - p >= 16) {
    for (; end - p >= 64; p += 64) {
      __m128i a = _mm_or_si128(load_16(p), load_16(p + 16)), b = _mm_or_si128(load_16(p + 32), load_16(p + 48));
      if (_mm_movemask_epi8(_mm_or_si128(a, b)) != 0) return p;
    }
    for (; end - p >= 16; p += 16)
      if (_mm_movemask_epi8(load_16(p)) != 0) return p;
    return _mm_movemask_epi8(load_16(end - 16)) == 0 ? end : p; /* the last ones again: no loop for the rest */
  }
#else
  for (; end - p >= 8; p += 8)
    if ((scan_load64((const char *)p) & UINT64_C(0x8080808080808080)) != 0) return p;
#endif
  while (p < end && *p < 0x80) p++;
  return p;
}

/* What begins here and is cut off could still become a character: some way to go on makes it one. */
static int32_t is_beginning(const uint8_t *p, size_t length) {
  char lowest[4], highest[4];
  if (length >= sizeof lowest) return 0;
  memset(lowest, 0x80, sizeof lowest);
  memset(highest, 0xBF, sizeof highest);
  memcpy(lowest, p, length);
  memcpy(highest, p, length);
  return bourse__utf8_length(lowest, lowest + 4) > length || bourse__utf8_length(highest, highest + 4) > length;
}

/* How far text is known to be valid: `end`, or the beginning of a character that is cut off there. NULL: malformed. */
static const uint8_t *check_text(const uint8_t *p, const uint8_t *end) {
  while ((p = skip_ascii(p, end)) < end) {
    while (p < end && *p < 0x80) p++;
    if (p == end) break;
    size_t length = bourse__utf8_length((const char *)p, (const char *)end);
    if (length == 0) return is_beginning(p, (size_t)(end - p)) ? p : NULL;
    p += length;
  }
  return end;
}

static int32_t bad_text(bourse__websocket *ws, bourse__websocket_event *event) {
  return bourse__websocket_fail(ws, event, BOURSE_ERROR_BAD_REPLY, 1007, "a text message is not UTF-8");
}

/* Checks on from where it was left. 0: malformed. */
static int32_t check_part(bourse__websocket *ws, size_t begin, size_t end) {
  const uint8_t *p = check_text(ws->input + (ws->checked > begin ? ws->checked : begin), ws->input + end);
  if (p == NULL) return 0;
  ws->checked = (size_t)(p - ws->input);
  return 1;
}

/* Messages. */

/* A message is whole. */
static int32_t deliver(bourse__websocket *ws, bourse__websocket_event *event, int32_t kind, int32_t compressed,
                       size_t begin, size_t end) {
  const uint8_t *bytes = ws->input + begin;
  event->bytes = (const char *)bytes;
  event->length = end - begin;
  if (compressed) {
    int32_t error = bourse__inflater_run(ws->inflater, bytes, end - begin, ws->options.message_size_max, &event->bytes,
                                         &event->length);
    if (error == BOURSE_ERROR_OVERFLOW) return too_long(ws, event);
    if (error == BOURSE_ERROR_MEMORY) return bourse__websocket_fail(ws, event, error, 1011, "memory is out");
    if (error != BOURSE_OK)
      return bourse__websocket_fail(ws, event, error, 1007, "a compressed message cannot be inflated");
    bytes = (const uint8_t *)event->bytes;
    if (kind == TEXT && check_text(bytes, bytes + event->length) != bytes + event->length) return bad_text(ws, event);
  } else if (kind == TEXT) {
    if (!check_part(ws, begin, end) || ws->checked != end) return bad_text(ws, event);
  }
  return kind;
}

/* What a close frame may say: RFC 6455, 7.4, and the registry it founded. */
static int32_t is_close_code(uint32_t code) {
  return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
         (code >= 3000 && code <= 4999);
}

static int32_t on_close(bourse__websocket *ws, bourse__websocket_event *event, const uint8_t *payload, size_t length) {
  if (length == 1) return violation(ws, event, "a close frame has half a code");
  uint32_t code = length == 0 ? BOURSE__WEBSOCKET_NO_CODE : (uint32_t)payload[0] << 8 | payload[1];
  if (length != 0 && !is_close_code(code)) return violation(ws, event, "a close frame has a code that is none");
  if (length != 0 && check_text(payload + 2, payload + length) != payload + length) return bad_text(ws, event);
  bourse__websocket_close(ws, (int32_t)code);
  ws->state = BOURSE__WEBSOCKET_ENDED;
  event->code = (int32_t)code;
  event->bytes = length == 0 ? "" : (const char *)payload + 2;
  event->length = length == 0 ? 0 : length - 2;
  return BOURSE__WEBSOCKET_CLOSED;
}

static int32_t put_frame(bourse__websocket *ws, uint32_t opcode, const void *bytes, size_t length);

static size_t waiting(const bourse__websocket *ws) { return ws->going.length - ws->going.at + ws->next.length; }

/* When much is waiting already, of several pings the last is answered only (RFC 6455, 5.5.3). */
static int32_t on_ping(bourse__websocket *ws, const uint8_t *payload, size_t length) {
  if (waiting(ws) <= PONGS_MAX) return put_frame(ws, PONG, payload, length);
  if (length != 0) memcpy(ws->pong, payload, length);
  ws->pong_length = (int32_t)length;
  return BOURSE_OK;
}

/* A whole control frame. 0: nothing to tell of it. */
static int32_t on_control(bourse__websocket *ws, bourse__websocket_event *event, uint32_t opcode,
                          const uint8_t *payload, size_t length) {
  if (opcode == CLOSE) return on_close(ws, event, payload, length);
  if (opcode == PING) {
    if (on_ping(ws, payload, length) == BOURSE_OK) return 0;
    return bourse__websocket_fail(ws, event, BOURSE_ERROR_MEMORY, 0, "memory is out");
  }
  if (ws->pings == 0) return 0;
  ws->pings--;
  event->bytes = (const char *)payload;
  event->length = length;
  return PONG;
}

typedef struct frame {
  uint32_t first; /* FINAL, RSV and OPCODE */
  size_t header;
  uint64_t length;
} frame;

/* What is wrong with a header, or NULL. */
static const char *check_header(const bourse__websocket *ws, const frame *f) {
  uint32_t opcode = f->first & OPCODE, rsv = f->first & RSV;
  if (opcode >= CLOSE) {
    if (opcode > PONG) return "a frame has an opcode that is none";
    if (rsv != 0) return "a frame has a reserved bit set";
    if ((f->first & FINAL) == 0) return "a control frame is fragmented";
    return f->length > CONTROL_MAX ? "a control frame is longer than 125 bytes" : NULL;
  }
  if (opcode > BINARY) return "a frame has an opcode that is none";
  if (opcode == CONTINUATION && ws->kind == 0) return "a frame goes on with a message that was not begun";
  if (opcode != CONTINUATION && ws->kind != 0) return "a message begins before the one under way has ended";
  if (rsv != 0 && (rsv != COMPRESSED || ws->inflater == NULL || opcode == CONTINUATION))
    return "a frame has a reserved bit set";
  return NULL;
}

static uint64_t big_endian(const uint8_t *p, size_t count) {
  uint64_t value = 0;
  for (size_t i = 0; i < count; i++) value = value << 8 | p[i];
  return value;
}

/* 0: its header is not here yet. Else 1, and *wrong is set when it is badly written. */
static int32_t read_header(frame *f, const uint8_t *p, size_t have, const char **wrong) {
  if (have < 2) return 0;
  f->first = p[0];
  f->header = 2;
  f->length = p[1] & 0x7Fu;
  if ((p[1] & MASKED) != 0) {
    *wrong = "a frame from the server is masked";
    return 1;
  }
  if (f->length < 126) return 1;
  uint64_t least = f->length == 126 ? 126 : 65536;
  f->header = f->length == 126 ? 4 : 10;
  if (have < f->header) return 0;
  f->length = f->header == 4 ? (uint64_t)p[2] << 8 | p[3] : big_endian(p + 2, 8);
  if (f->length < least || f->length > INT64_MAX) *wrong = "a frame's length is not written as it must be";
  return 1;
}

/* A whole frame of a message in several. 0: not the last. */
static int32_t on_fragment(bourse__websocket *ws, bourse__websocket_event *event, const frame *f, size_t payload) {
  size_t length = (size_t)f->length;
  if (ws->kind == 0) {
    ws->kind = (int32_t)(f->first & OPCODE);
    ws->compressed = (f->first & COMPRESSED) != 0;
    ws->message = payload;
    ws->message_end = payload + length;
  } else {
    memmove(ws->input + ws->message_end, ws->input + payload, length);
    ws->message_end += length;
  }
  if ((f->first & FINAL) == 0) {
    if (ws->kind == TEXT && !ws->compressed && !check_part(ws, ws->message, ws->message_end))
      return bad_text(ws, event);
    return 0;
  }
  int32_t kind = ws->kind;
  ws->kind = 0;
  return deliver(ws, event, kind, ws->compressed, ws->message, ws->message_end);
}

static size_t assembled(const bourse__websocket *ws) { return ws->kind != 0 ? ws->message_end - ws->message : 0; }

/* A frame of which only a part is here. Text is looked at all the same: what is wrong is told early. */
static int32_t on_part(bourse__websocket *ws, bourse__websocket_event *event, const frame *f) {
  int32_t plain_text = f->first == (FINAL | TEXT) || f->first == TEXT;
  if (plain_text && !check_part(ws, ws->at + f->header, ws->end)) return bad_text(ws, event);
  return BOURSE__WEBSOCKET_NOTHING;
}

/* Nearly all that comes: a whole message, in one frame of less than 64 KiB, not compressed, and here. 0: anything else. */
static int32_t take_plain(bourse__websocket *ws, bourse__websocket_event *event) {
  const uint8_t *p = ws->input + ws->at;
  size_t have = ws->end - ws->at, header = 2;
  if (have < 4 || ws->kind != 0) return 0;
  uint32_t first = p[0];
  if (first != (FINAL | TEXT) && first != (FINAL | BINARY)) return 0;
  size_t length = p[1];
  if (length == 126) {
    header = 4;
    length = (size_t)p[2] << 8 | p[3];
    if (length < 126) return 0;
  } else if (length > 126) {
    return 0;
  }
  if (length > ws->options.message_size_max || length > have - header) return 0;
  p += header;
  if (first == (FINAL | TEXT)) {
    const uint8_t *from = ws->input + ws->checked;
    if (from < p) from = p;
    if (skip_ascii(from, p + length) != p + length && check_text(from, p + length) != p + length) return 0;
  }
  event->bytes = (const char *)p;
  event->length = length;
  ws->at += header + length;
  return (int32_t)(first & OPCODE);
}

int32_t bourse__websocket_next(bourse__websocket *ws, bourse__websocket_event *event) {
  if (ws->state != BOURSE__WEBSOCKET_OPEN) {
    if (ws->state != BOURSE__WEBSOCKET_UPGRADING && ws->state != BOURSE__WEBSOCKET_REFUSING) return 0;
    return bourse__websocket_answer(ws, event);
  }
  for (;;) {
    int32_t plain = take_plain(ws, event);
    if (plain != 0) return plain;
    frame f;
    const char *wrong = NULL;
    size_t have = ws->end - ws->at;
    if (!read_header(&f, ws->input + ws->at, have, &wrong)) return BOURSE__WEBSOCKET_NOTHING;
    if (wrong == NULL) wrong = check_header(ws, &f);
    if (wrong != NULL) return violation(ws, event, wrong);
    uint32_t opcode = f.first & OPCODE;
    int32_t compressed = ws->kind != 0 ? ws->compressed : (f.first & COMPRESSED) != 0;
    if (opcode < CLOSE && f.length > wire_max(ws, compressed) - assembled(ws)) return too_long(ws, event);
    if (f.length > have - f.header) return on_part(ws, event, &f);
    size_t payload = ws->at + f.header;
    ws->at = payload + (size_t)f.length;
    int32_t kind;
    if (opcode >= CLOSE)
      kind = on_control(ws, event, opcode, ws->input + payload, (size_t)f.length);
    else if (ws->kind == 0 && (f.first & FINAL) != 0)
      kind = deliver(ws, event, (int32_t)opcode, (f.first & COMPRESSED) != 0, payload, ws->at);
    else
      kind = on_fragment(ws, event, &f, payload);
    if (kind != 0) return kind;
  }
}

/* Writing. */

static int32_t reserve(bourse__websocket *ws, size_t more) {
  bourse__websocket_block *block = &ws->next;
  if (more <= block->capacity - block->length) return 1;
  size_t needed = block->length + more, capacity = block->capacity < OUTPUT_MIN ? OUTPUT_MIN : block->capacity;
  while (capacity < needed) capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
  uint8_t *data = bourse__realloc(&ws->allocator, block->data, capacity);
  if (data == NULL) return 0;
  block->data = data;
  block->capacity = capacity;
  return 1;
}

int32_t bourse__websocket_put(bourse__websocket *ws, const void *bytes, size_t length) {
  if (!reserve(ws, length)) return 0;
  if (length != 0) memcpy(ws->next.data + ws->next.length, bytes, length);
  ws->next.length += length;
  return 1;
}

static void mask(uint8_t *out, const uint8_t *bytes, size_t length, const uint8_t key[4]) {
  uint64_t wide, word;
  uint8_t twice[8];
  size_t i = 0;
  memcpy(twice, key, 4);
  memcpy(twice + 4, key, 4);
  memcpy(&wide, twice, sizeof wide);
  for (; i + 8 <= length; i += 8) {
    memcpy(&word, bytes + i, sizeof word);
    word ^= wide;
    memcpy(out + i, &word, sizeof word);
  }
  for (; i < length; i++) out[i] = bytes[i] ^ key[i & 3];
}

static int32_t put_frame(bourse__websocket *ws, uint32_t opcode, const void *bytes, size_t length) {
  uint8_t header[14];
  size_t at = 0;
  if (length > SIZE_MAX / 4 || !reserve(ws, length + sizeof header)) return BOURSE_ERROR_MEMORY;
  header[at++] = (uint8_t)(FINAL | opcode);
  if (length < 126) {
    header[at++] = (uint8_t)(MASKED | length);
  } else {
    int32_t more = length < 65536 ? 2 : 8;
    header[at++] = (uint8_t)(MASKED | (length < 65536 ? 126u : 127u));
    for (int32_t i = more - 1; i >= 0; i--) header[at++] = (uint8_t)((uint64_t)length >> (8 * i));
  }
  ws->options.random.fill(ws->options.random.user_data, header + at, 4);
  uint8_t *out = ws->next.data + ws->next.length;
  memcpy(out, header, at + 4);
  mask(out + at + 4, bytes, length, header + at);
  ws->next.length += at + 4 + length;
  return BOURSE_OK;
}

int32_t bourse__websocket_send(bourse__websocket *ws, int32_t kind, const char *bytes, size_t length) {
  if (kind != TEXT && kind != BINARY && kind != PING && kind != PONG) return BOURSE_ERROR_ARGUMENT;
  if ((kind >= PING && length > CONTROL_MAX) || (bytes == NULL && length != 0)) return BOURSE_ERROR_ARGUMENT;
  if (ws->state != BOURSE__WEBSOCKET_OPEN) return BOURSE_ERROR_STATE;
  size_t max = ws->options.output_size_max, used = waiting(ws);
  if (length > max || used > max - length) return BOURSE_ERROR_QUEUE_FULL;
  int32_t error = put_frame(ws, (uint32_t)kind, bytes, length);
  if (error == BOURSE_OK && kind == PING && ws->pings < UINT32_MAX) ws->pings++;
  return error;
}

void bourse__websocket_close(bourse__websocket *ws, int32_t code) {
  if (ws->state != BOURSE__WEBSOCKET_OPEN) return;
  uint8_t payload[2] = {(uint8_t)(code >> 8), (uint8_t)code};
  put_frame(ws, CLOSE, payload, code == BOURSE__WEBSOCKET_NO_CODE ? 0 : 2); /* without memory, without goodbye */
  ws->state = BOURSE__WEBSOCKET_ENDED;
}

const uint8_t *bourse__websocket_output(bourse__websocket *ws, size_t *out_length) {
  if (ws->going.at == ws->going.length) {
    ws->going.at = ws->going.length = 0;
    if (ws->pong_length >= 0 && ws->state == BOURSE__WEBSOCKET_OPEN && ws->next.length <= PONGS_MAX) {
      size_t length = (size_t)ws->pong_length;
      if (put_frame(ws, PONG, ws->pong, length) == BOURSE_OK) ws->pong_length = -1;
    }
    if (ws->next.length == 0) return NULL;
    bourse__websocket_block block = ws->going;
    ws->going = ws->next;
    ws->next = block;
  }
  *out_length = ws->going.length - ws->going.at;
  return ws->going.data + ws->going.at;
}

void bourse__websocket_sent(bourse__websocket *ws, size_t length) { ws->going.at += length; }
