/* net/websocket_deflate.c - permessage-deflate (RFC 7692), the receiving half. */
#include <string.h>

#include <bourse/error.h>

#define ZLIB_CONST
#include <zlib.h>

#include "core/arena.h"
#include "net/websocket.h"

#define BUFFER_MIN     4096u
#define BUFFER_KEPT    65536u
#define SMALL_MESSAGES 1000u /* after so many, a buffer that grew for a large one is given back */
#define WINDOW_BITS    (-15) /* raw, the largest: zlib writes 9 where 8 was agreed upon, and this reads all */

struct bourse__inflater {
  bourse_allocator allocator;
  z_stream stream;
  int32_t no_takeover; /* every message is compressed by itself */
  uint32_t small_messages;
  uint8_t *buffer;
  size_t capacity;
};

static void *take(void *user_data, unsigned count, unsigned size) {
  return bourse__alloc(user_data, (size_t)count * size);
}

static void give_back(void *user_data, void *memory) { bourse__release(user_data, memory); }

int32_t bourse__inflater_new(bourse__inflater **out, const bourse_allocator *allocator, int32_t no_takeover) {
  *out = NULL;
  bourse__inflater *inflater = bourse__alloc(allocator, sizeof *inflater);
  if (inflater == NULL) return BOURSE_ERROR_MEMORY;
  inflater->allocator = *allocator;
  inflater->no_takeover = no_takeover;
  inflater->stream.zalloc = take;
  inflater->stream.zfree = give_back;
  inflater->stream.opaque = &inflater->allocator;
  if (inflateInit2(&inflater->stream, WINDOW_BITS) != Z_OK) {
    bourse__release(allocator, inflater);
    return BOURSE_ERROR_MEMORY;
  }
  *out = inflater;
  return BOURSE_OK;
}

void bourse__inflater_free(bourse__inflater *inflater) {
  if (inflater == NULL) return;
  bourse_allocator allocator = inflater->allocator;
  inflateEnd(&inflater->stream);
  bourse__release(&allocator, inflater->buffer);
  bourse__release(&allocator, inflater);
}

static int32_t resize(bourse__inflater *inflater, size_t capacity) {
  uint8_t *buffer = bourse__realloc(&inflater->allocator, inflater->buffer, capacity);
  if (buffer == NULL) return 0;
  inflater->buffer = buffer;
  inflater->capacity = capacity;
  return 1;
}

/* Makes room behind `length`; one byte more than max, so that what is longer shows. */
static int32_t grow(bourse__inflater *inflater, size_t length, size_t max) {
  if (length < inflater->capacity) return BOURSE_OK;
  if (length > max) return BOURSE_ERROR_OVERFLOW;
  size_t capacity = inflater->capacity < BUFFER_MIN ? BUFFER_MIN : inflater->capacity * 2;
  if (max < SIZE_MAX && capacity > max + 1) capacity = max + 1;
  return resize(inflater, capacity) ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* Inflates all of these bytes. *length: of what the buffer holds. */
static int32_t feed(bourse__inflater *inflater, const uint8_t *bytes, size_t count, size_t max, size_t *length) {
  z_stream *stream = &inflater->stream;
  for (;;) {
    int32_t error = grow(inflater, *length, max);
    if (error != BOURSE_OK) return error;
    size_t room = inflater->capacity - *length;
    uInt in = count < (1u << 30) ? (uInt)count : 1u << 30, out = room < (1u << 30) ? (uInt)room : 1u << 30;
    stream->next_in = bytes;
    stream->avail_in = in;
    stream->next_out = inflater->buffer + *length;
    stream->avail_out = out;
    int result = inflate(stream, Z_SYNC_FLUSH);
    bytes += in - stream->avail_in;
    count -= in - stream->avail_in;
    *length += out - stream->avail_out;
    if (result == Z_MEM_ERROR) return BOURSE_ERROR_MEMORY;
    if (result == Z_STREAM_END) { /* a final block; the peer may go on all the same (RFC 7692, 7.2.3.4) */
      if (inflateResetKeep(stream) != Z_OK) return BOURSE_ERROR_BAD_REPLY;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      return BOURSE_ERROR_BAD_REPLY;
    }
    if (count == 0 && stream->avail_out != 0) break;
  }
  return BOURSE_OK; /* a buffer with room left holds no more than max */
}

static void shrink(bourse__inflater *inflater, size_t length) {
  if (length >= BUFFER_KEPT || inflater->capacity <= BUFFER_KEPT) {
    inflater->small_messages = 0;
  } else if (++inflater->small_messages > SMALL_MESSAGES) {
    inflater->small_messages = 0;
    resize(inflater, BUFFER_KEPT);
  }
}

int32_t bourse__inflater_run(bourse__inflater *inflater, const uint8_t *bytes, size_t length, size_t max,
                             const char **out_bytes, size_t *out_length) {
  static const uint8_t tail[4] = {0, 0, 0xFF, 0xFF}; /* what a flush ends with; it is not sent */
  size_t written = 0;
  int32_t error = feed(inflater, bytes, length, max, &written);
  if (error == BOURSE_OK) error = feed(inflater, tail, sizeof tail, max, &written);
  /* Only between blocks, on the byte, has a message ended that was not cut off. */
  if (error == BOURSE_OK && (inflater->stream.data_type & (128 | 63)) != 128) error = BOURSE_ERROR_BAD_REPLY;
  if (error != BOURSE_OK) return error;
  if (inflater->no_takeover && inflateReset(&inflater->stream) != Z_OK) return BOURSE_ERROR_BAD_REPLY;
  shrink(inflater, written);
  *out_bytes = (const char *)inflater->buffer;
  *out_length = written;
  return BOURSE_OK;
}
