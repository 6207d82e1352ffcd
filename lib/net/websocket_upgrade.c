/* net/websocket_upgrade.c - the HTTP request that asks for a WebSocket, and the answer to it (RFC 6455, 4). */
#include <string.h>
#include <strings.h>

#include <bourse/error.h>
#include <bourse/sys/text.h>

#include "core/arena.h"
#include "net/websocket.h"
#include "sign/backend.h"

#define GUID           "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
#define EXTENSION      "permessage-deflate"
#define CHUNK_LINE_MAX 256u   /* before a chunk */
#define RAW_BODY_MAX   16384u /* of a refusal, with the lines between its chunks */

/* Asking. */

static int32_t expected_accept(char out[29], const char *key, size_t length, bourse_arena *arena) {
  uint8_t digest[20];
  char both[24 + sizeof GUID];
  bourse_text text;
  memcpy(both, key, length);
  memcpy(both + length, GUID, sizeof GUID);
  if (bourse__sha1(digest, both, strlen(both)) != BOURSE_OK) return BOURSE_ERROR_CRYPTO;
  bourse_text_init(&text, arena);
  bourse_text_base64(&text, digest, sizeof digest);
  if (bourse_text_finish(&text) == NULL || text.length != 28) return BOURSE_ERROR_MEMORY;
  memcpy(out, text.data, 29);
  return BOURSE_OK;
}

static int32_t take_protocols(bourse__websocket *ws, const bourse__websocket_upgrade *upgrade) {
  for (uint32_t i = 0; i < upgrade->header_count; i++) {
    if (strcasecmp(upgrade->headers[i].name, "sec-websocket-protocol") != 0) continue;
    size_t used = strlen(ws->protocols), length = strlen(upgrade->headers[i].value);
    if (length + 2 > sizeof ws->protocols - used) return BOURSE_ERROR_ARGUMENT;
    memcpy(ws->protocols + used, upgrade->headers[i].value, length);
    memcpy(ws->protocols + used + length, ",", 2);
  }
  return BOURSE_OK;
}

static void write_request(bourse_text *text, const bourse__websocket_upgrade *upgrade, const char *key) {
  bourse_text_string(text, "GET ");
  if (upgrade->path_length == 0 || upgrade->path[0] != '/') bourse_text_char(text, '/');
  bourse_text_append(text, upgrade->path, upgrade->path_length);
  bourse_text_string(text, " HTTP/1.1\r\nHost: ");
  bourse_text_append(text, upgrade->host, upgrade->host_length);
  bourse_text_string(
      text, "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ");
  bourse_text_string(text, key);
  bourse_text_string(text, "\r\n");
  /* Nothing we send is compressed, so the peer need keep no window for it. */
  if (upgrade->compress)
    bourse_text_string(text, "Sec-WebSocket-Extensions: " EXTENSION "; client_no_context_takeover\r\n");
  for (uint32_t i = 0; i < upgrade->header_count; i++) {
    bourse_text_string(text, upgrade->headers[i].name);
    bourse_text_string(text, ": ");
    bourse_text_string(text, upgrade->headers[i].value);
    bourse_text_string(text, "\r\n");
  }
  bourse_text_string(text, "\r\n");
}

int32_t bourse__websocket_begin(bourse__websocket *ws, const bourse__websocket_upgrade *upgrade) {
  uint8_t nonce[16];
  bourse_text key, request;
  bourse_arena *arena = bourse__arena_new(&ws->allocator, 1024);
  if (arena == NULL) return BOURSE_ERROR_MEMORY;
  ws->options.random.fill(ws->options.random.user_data, nonce, sizeof nonce);
  bourse_text_init(&key, arena);
  bourse_text_base64(&key, nonce, sizeof nonce);
  int32_t error = bourse_text_finish(&key) != NULL ? take_protocols(ws, upgrade) : BOURSE_ERROR_MEMORY;
  if (error == BOURSE_OK) error = expected_accept(ws->accept, key.data, key.length, arena);
  if (error == BOURSE_OK) {
    bourse_text_init(&request, arena);
    write_request(&request, upgrade, key.data);
    if (bourse_text_finish(&request) == NULL || !bourse__websocket_put(ws, request.data, request.length))
      error = BOURSE_ERROR_MEMORY;
  }
  if (error == BOURSE_OK) {
    ws->state = BOURSE__WEBSOCKET_UPGRADING;
    ws->offered = upgrade->compress != 0;
  }
  bourse__arena_free(arena);
  return error;
}

/* Parts of the answer. */

static bourse_slice trim(bourse_slice s) {
  while (s.length > 0 && (s.data[0] == ' ' || s.data[0] == '\t')) s.data++, s.length--;
  while (s.length > 0 && (s.data[s.length - 1] == ' ' || s.data[s.length - 1] == '\t' || s.data[s.length - 1] == '\r'))
    s.length--;
  return s;
}

static int32_t is(bourse_slice s, const char *text) {
  return s.length == strlen(text) && strncasecmp(s.data, text, s.length) == 0;
}

/* Cuts *rest at the next `separator`. 0: nothing is left. */
static int32_t next_part(bourse_slice *part, bourse_slice *rest, char separator) {
  if (rest->data == NULL) return 0;
  const char *at = rest->length != 0 ? memchr(rest->data, separator, rest->length) : NULL;
  *part = *rest;
  if (at == NULL) {
    *rest = (bourse_slice){NULL, 0};
  } else {
    part->length = (size_t)(at - rest->data);
    rest->data = at + 1;
    rest->length -= part->length + 1;
  }
  *part = trim(*part);
  return 1;
}

/* Is `text` one of a list with commas? */
static int32_t has(bourse_slice list, const char *text, size_t length) {
  bourse_slice part;
  while (next_part(&part, &list, ','))
    if (part.length == length && strncasecmp(part.data, text, length) == 0) return 1;
  return 0;
}

/* Decimal digits and nothing else; -1: not so. */
static int64_t number(bourse_slice s) {
  int64_t value = 0;
  if (s.length == 0 || s.length > 15) return -1;
  for (size_t i = 0; i < s.length; i++) {
    if (s.data[i] < '0' || s.data[i] > '9') return -1;
    value = value * 10 + (s.data[i] - '0');
  }
  return value;
}

/* What the headers of the answer say. */
typedef struct answer {
  int32_t upgrade;
  int32_t connection;
  int32_t accepts; /* how many there are */
  int32_t accepted;
  int32_t protocol_wrong;
  int32_t extensions; /* how many were agreed to */
  int32_t no_takeover;
  const char *extension_wrong;
  int64_t content_length; /* -1: not said */
  int32_t chunked;
  bourse_slice retry_after;
} answer;

static const char *read_parameters(answer *a, bourse_slice parameters) {
  static const char *const names[] = {"server_no_context_takeover", "client_no_context_takeover",
                                      "server_max_window_bits"};
  uint32_t seen = 0;
  bourse_slice part;
  while (next_part(&part, &parameters, ';')) {
    bourse_slice name, value = part;
    uint32_t i = 0;
    next_part(&name, &value, '=');
    if (value.data != NULL) {
      value = trim(value);
      if (value.length >= 2 && value.data[0] == '"' && value.data[value.length - 1] == '"')
        value.data++, value.length -= 2;
    }
    while (i < 3 && !is(name, names[i])) i++;
    if (i == 3) return "the server answers with an extension parameter that was not offered";
    if ((seen & 1u << i) != 0) return "the server names an extension parameter twice";
    seen |= 1u << i;
    int64_t bits = value.data != NULL ? number(value) : -1;
    if (i < 2 ? value.data != NULL : bits < 8 || bits > 15 || value.data[0] == '0')
      return "the server gives an extension parameter a wrong value";
  }
  a->no_takeover = (seen & 1) != 0;
  return NULL;
}

static void read_extensions(answer *a, const bourse__websocket *ws, bourse_slice list) {
  bourse_slice extension;
  while (next_part(&extension, &list, ',') && a->extension_wrong == NULL) {
    bourse_slice name, parameters = extension;
    if (extension.length == 0) continue;
    next_part(&name, &parameters, ';');
    if (!ws->offered || !is(name, EXTENSION) || ++a->extensions > 1)
      a->extension_wrong = "the server answers with an extension that was not offered";
    else
      a->extension_wrong = read_parameters(a, parameters);
  }
}

static void read_field(answer *a, const bourse__websocket *ws, bourse_slice name, bourse_slice value) {
  if (is(name, "upgrade")) a->upgrade |= has(value, "websocket", 9);
  if (is(name, "connection")) a->connection |= has(value, "upgrade", 7);
  if (is(name, "sec-websocket-accept")) {
    a->accepts++;
    a->accepted = value.length == 28 && memcmp(value.data, ws->accept, 28) == 0;
  }
  if (is(name, "sec-websocket-protocol")) {
    bourse_slice offered = {ws->protocols, strlen(ws->protocols)};
    if (value.length == 0 || !has(offered, value.data, value.length)) a->protocol_wrong = 1;
  }
  if (is(name, "sec-websocket-extensions")) read_extensions(a, ws, value);
  if (is(name, "content-length")) a->content_length = number(value);
  if (is(name, "transfer-encoding")) a->chunked = has(value, "chunked", 7);
  if (is(name, "retry-after")) a->retry_after = value;
}

/* 0: a line is no header. */
static int32_t read_fields(answer *a, const bourse__websocket *ws, bourse_slice lines) {
  bourse_slice line;
  memset(a, 0, sizeof *a);
  a->content_length = -1;
  while (lines.data != NULL) {
    if (lines.length != 0 && (lines.data[0] == ' ' || lines.data[0] == '\t'))
      return 0; /* folded: nobody may any more */
    next_part(&line, &lines, '\n');
    const char *colon = line.length != 0 ? memchr(line.data, ':', line.length) : NULL;
    if (line.length == 0) continue;
    if (colon == NULL || colon == line.data) return 0;
    bourse_slice name = {line.data, (size_t)(colon - line.data)}, value = {colon + 1, 0};
    value.length = line.length - name.length - 1;
    if (memchr(name.data, ' ', name.length) != NULL || memchr(line.data, '\0', line.length) != NULL) return 0;
    read_field(a, ws, name, trim(value));
  }
  return 1;
}

/* Refusals. */

/* Chunks are put together where they are. 1: the body is whole. */
static int32_t take_chunks(bourse__websocket *ws) {
  for (;;) {
    size_t have = ws->end - ws->body_at;
    char *raw = (char *)ws->input + ws->body_at;
    if (ws->body_left > 0) {
      size_t count = (uint64_t)ws->body_left < have ? (size_t)ws->body_left : have;
      memmove(ws->input + ws->body_end, raw, count);
      ws->body_end += count;
      ws->body_at += count;
      ws->body_left -= (int64_t)count;
      if (ws->body_left > 0) return 0;
      continue;
    }
    const char *end = have != 0 ? memchr(raw, '\n', have < CHUNK_LINE_MAX ? have : CHUNK_LINE_MAX) : NULL;
    if (end == NULL) return have >= CHUNK_LINE_MAX;
    uint32_t size = 0;
    int32_t digits = 0;
    for (const char *c = raw; c < end && size < 1u << 24; c++, digits++) {
      char letter = (char)(*c | 0x20);
      int32_t digit = *c >= '0' && *c <= '9' ? *c - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
      if (digit < 0) break;
      size = size * 16 + (uint32_t)digit;
    }
    ws->body_at += (size_t)(end - raw) + 1;
    if (digits == 0 && end - raw <= 1) continue; /* the line's end behind a chunk */
    if (size == 0) return 1;
    ws->body_left = size;
  }
}

/* 1: as much of the body is here as is wanted, or ever will be. */
static int32_t take_body(bourse__websocket *ws) {
  if (ws->chunked)
    return take_chunks(ws) || ws->end - ws->body > RAW_BODY_MAX ||
           ws->body_end - ws->body >= BOURSE__WEBSOCKET_BODY_MAX;
  ws->body_end = ws->end;
  size_t have = ws->body_end - ws->body;
  if (ws->body_left >= 0 && (uint64_t)ws->body_left <= have) {
    ws->body_end = ws->body + (size_t)ws->body_left;
    return 1;
  }
  return have >= BOURSE__WEBSOCKET_BODY_MAX;
}

int32_t bourse__websocket_refusal(bourse__websocket *ws, bourse__websocket_event *event) {
  if (ws->state != BOURSE__WEBSOCKET_REFUSING) return 0;
  size_t length = ws->body_end - ws->body;
  ws->state = BOURSE__WEBSOCKET_ENDED;
  event->code = ws->status;
  event->bytes = (const char *)ws->input + ws->body;
  event->length = length < BOURSE__WEBSOCKET_BODY_MAX ? length : BOURSE__WEBSOCKET_BODY_MAX;
  event->retry_after = ws->retry_after != 0 ? (const char *)ws->input + ws->retry_after : NULL;
  return BOURSE__WEBSOCKET_REFUSED;
}

static void begin_refusal(bourse__websocket *ws, const answer *a, int32_t status, size_t head) {
  ws->state = BOURSE__WEBSOCKET_REFUSING;
  ws->status = status;
  ws->body = ws->body_end = ws->body_at = head;
  ws->chunked = a->chunked;
  ws->body_left = a->chunked ? 0 : status == 204 || status == 304 ? 0 : a->content_length;
  if (a->retry_after.data != NULL) ws->retry_after = (size_t)(a->retry_after.data - (const char *)ws->input);
}

/* The answer. */

static int32_t wrong(bourse__websocket *ws, bourse__websocket_event *event, const char *text) {
  return bourse__websocket_fail(ws, event, BOURSE_ERROR_BAD_REPLY, 0, text);
}

static int32_t open_up(bourse__websocket *ws, bourse__websocket_event *event, const answer *a, size_t head) {
  if (!a->upgrade || !a->connection) return wrong(ws, event, "the upgrade is answered without its headers");
  if (a->accepts != 1 || !a->accepted) return wrong(ws, event, "Sec-WebSocket-Accept is not the answer to our key");
  if (a->protocol_wrong) return wrong(ws, event, "the server chose a subprotocol that was not asked for");
  if (a->extension_wrong != NULL) return wrong(ws, event, a->extension_wrong);
  if (a->extensions != 0 && bourse__inflater_new(&ws->inflater, &ws->allocator, a->no_takeover) != BOURSE_OK)
    return bourse__websocket_fail(ws, event, BOURSE_ERROR_MEMORY, 0, "memory is out");
  ws->state = BOURSE__WEBSOCKET_OPEN;
  ws->at = ws->checked = head;
  return BOURSE__WEBSOCKET_OPENED;
}

/* Where the head ends, behind its blank line; 0: not here yet. */
static size_t find_head(bourse__websocket *ws) {
  const char *text = (const char *)ws->input;
  for (size_t i = ws->checked; i < ws->end; i++) {
    if (text[i] != '\n' || i == 0) continue;
    size_t back = i - 1;
    if (text[back] == '\r' && back > 0) back--;
    if (text[back] == '\n') return i + 1;
  }
  ws->checked = ws->end;
  return 0;
}

/* "HTTP/1.1 101 Switching Protocols": the status, or -1. */
static int32_t read_status(bourse_slice line) {
  if (line.length < 12 || (line.length > 12 && line.data[12] != ' ')) return -1;
  int64_t status = number((bourse_slice){line.data + 9, 3});
  return status >= 100 && status <= 599 ? (int32_t)status : -1;
}

/* HTTP/1.0 can refuse, but not agree. */
static int32_t is_http(const uint8_t *bytes, size_t length) {
  static const char begin[] = "HTTP/1.";
  size_t count = length < sizeof begin - 1 ? length : sizeof begin - 1;
  if (memcmp(bytes, begin, count) != 0) return 0;
  if (length > 7 && bytes[7] != '0' && bytes[7] != '1') return 0;
  return length <= 8 || bytes[8] == ' ';
}

int32_t bourse__websocket_answer(bourse__websocket *ws, bourse__websocket_event *event) {
  while (ws->state == BOURSE__WEBSOCKET_UPGRADING) {
    answer a;
    bourse_slice line, lines;
    if (ws->end == 0) return BOURSE__WEBSOCKET_NOTHING;
    if (!is_http(ws->input, ws->end)) return wrong(ws, event, "the answer to the upgrade is not HTTP");
    size_t head = find_head(ws);
    if (head > BOURSE__WEBSOCKET_HEAD_MAX || (head == 0 && ws->end > BOURSE__WEBSOCKET_HEAD_MAX))
      return wrong(ws, event, "the head of the answer to the upgrade is longer than 64 KiB");
    if (head == 0) return BOURSE__WEBSOCKET_NOTHING;
    lines = (bourse_slice){(const char *)ws->input, head};
    next_part(&line, &lines, '\n');
    int32_t status = read_status(line);
    if (status < 0 || !read_fields(&a, ws, lines))
      return wrong(ws, event, "the head of the answer to the upgrade is malformed");
    if (status == 101 && ws->input[7] == '1') return open_up(ws, event, &a, head);
    if (status == 101) return wrong(ws, event, "the upgrade is answered in HTTP/1.0");
    if (status >= 200) {
      begin_refusal(ws, &a, status, head);
      break;
    }
    memmove(ws->input, ws->input + head, ws->end - head); /* an interim answer; another follows */
    ws->end -= head;
    ws->checked = 0;
  }
  return take_body(ws) ? bourse__websocket_refusal(ws, event) : BOURSE__WEBSOCKET_NOTHING;
}
