/* permessage-deflate: what zlib compresses with every setting a server may choose comes out as it went in, whole, in
 * fragments and cut anywhere; what is broken is an error; nothing grows beyond its bound. */
#include <zlib.h>

#include "net/no_transport.h"
#include "net/ws_server.h"
#include "net/ws_trace.h"

/* A server's compressor. */
typedef struct compressor {
  z_stream stream;
  int takeover;
} compressor;

static void compressor_open(compressor *c, int bits, int takeover, int level) {
  memset(c, 0, sizeof *c);
  c->takeover = takeover;
  if (deflateInit2(&c->stream, level, Z_DEFLATED, -bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) abort();
}

/* RFC 7692, 7.2.1: flushed, without the four last bytes. */
static size_t compress_message(compressor *c, uint8_t *out, size_t room, const void *bytes, size_t length) {
  c->stream.next_in = (Bytef *)(uintptr_t)bytes;
  c->stream.avail_in = (uInt)length;
  c->stream.next_out = out;
  c->stream.avail_out = (uInt)room;
  if (deflate(&c->stream, Z_SYNC_FLUSH) < 0 && length > 0) abort();
  size_t n = room - c->stream.avail_out;
  if (n == 0) { /* nothing to flush */
    out[0] = 0;
    return 1;
  }
  if (!c->takeover) deflateReset(&c->stream);
  return n - 4;
}

static void make_payload(char *out, size_t length, uint32_t seed) {
  static const char *const words[] = {
      "{\"channel\":\"book\",", "\"price\":", "\"qty\":", "\xc3\xa9t\xc3\xa9", "12345.6789,", "}"};
  size_t at = 0;
  while (at < length) {
    seed = seed * 1664525u + 1013904223u;
    const char *word = words[(seed >> 16) % 6];
    size_t n = strlen(word);
    if (n > length - at) word = "aaaaaaaaaaaaaaaaaaaa", n = length - at;
    memcpy(out + at, word, n);
    at += n;
  }
}

/* Many messages of a length over one connection; `fragment` 0: whole. */
static void check_stream(const char *extension, int bits, int takeover, size_t length, int count, size_t fragment,
                         size_t step) {
  bourse__websocket ws;
  compressor c;
  char *payload = malloc(length + 1);
  size_t room = length * 2 + 1000;
  uint8_t *packed = malloc(room), *frames = malloc(room * 12);
  compressor_open(&c, bits, takeover, length % 2 == 0 ? 6 : 1);
  trace_open(&ws, length + 1, extension);
  for (int i = 0; i < count; i++) {
    ws_trace t = {0}, expected = {0};
    make_payload(payload, length, (uint32_t)i);
    size_t n = compress_message(&c, packed, room, payload, length), bytes = 0, piece = fragment != 0 ? fragment : n;
    for (size_t at = 0; at < n; at += piece) {
      size_t k = n - at < piece ? n - at : piece;
      int first = (at == 0 ? 0x41 : 0) | (at + k == n ? 0x80 : 0);
      bytes += ws_frame_write(frames + bytes, first, packed + at, k);
    }
    trace_put(&expected, "T:", (const uint8_t *)payload, length);
    trace_feed(&t, &ws, frames, bytes, step, 0);
    if (strcmp(trace_line(&t), expected.text) != 0) {
      TEST_FAIL("%s, %zu bytes, message %d: \"%.60s\"", extension, length, i, t.text);
      break;
    }
  }
  deflateEnd(&c.stream);
  bourse__websocket_free(&ws);
  free(payload), free(packed), free(frames);
}

TEST(every_setting_and_length) {
  static const size_t lengths[] = {0, 1, 16, 64, 256, 1024, 4096, 8192, 16384, 32768, 65536, 131072};
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    int count = lengths[i] > 8192 ? 5 : 40;
    check_stream("permessage-deflate", 15, 1, lengths[i], count, 0, SIZE_MAX);
    check_stream("permessage-deflate; server_no_context_takeover", 15, 0, lengths[i], count, 0, SIZE_MAX);
    check_stream("permessage-deflate; server_max_window_bits=9", 9, 1, lengths[i], count, 0, 100);
    check_stream("permessage-deflate; server_max_window_bits=8; server_no_context_takeover", 9, 0, lengths[i], count, 0,
                 33);
    check_stream("permessage-deflate; client_no_context_takeover", 12, 1, lengths[i], count, 300, SIZE_MAX);
    check_stream("permessage-deflate", 15, 1, lengths[i], count > 5 ? 10 : 1, 1, lengths[i] > 4096 ? 1000 : 1);
  }
}

/* The RFC's own examples (7.2.3). */
TEST(the_examples_of_the_rfc) {
  static const struct {
    const char *bytes;
    size_t length;
    const char *expected;
  } cases[] = {
      {"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00", 9, "T:Hello"},
      {"\x41\x03\xf2\x48\xcd\x80\x04\xc9\xc9\x07\x00", 11, "T:Hello"},
      {"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00", 16, "T:Hello T:Hello"}, /* window kept */
      {"\xc1\x0b\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00", 13, "T:Hello"},                     /* stored */
      {"\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00", 10, "T:Hello"},                                 /* final block */
      {"\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00\xc1\x05\xf2\x00\x11\x00\x00", 17, "T:Hello T:Hello"},
      {"\xc1\x0d\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00", 15, "T:Hello"}, /* two blocks */
      {"\xc1\x01\x00", 3, "T:"},
      {"\x81\x05Hello", 7, "T:Hello"}, /* not compressed all the same */
      {"\xc2\x07\xf2\x48\xcd\xc9\xc9\x07\x00", 9, "B:Hello"},
      {"\x41\x03\xf2\x48\xcd\x89\x01p\x80\x04\xc9\xc9\x07\x00", 14, "T:Hello >pong:p"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    for (size_t first = 0; first < cases[i].length; first++) {
      bourse__websocket ws;
      ws_trace t = {0};
      trace_open(&ws, 1000, "permessage-deflate");
      trace_feed(&t, &ws, (const uint8_t *)cases[i].bytes, cases[i].length, SIZE_MAX, first);
      CHECK_STR(trace_line(&t), cases[i].expected);
      bourse__websocket_free(&ws);
    }
}

TEST(without_takeover_nothing_of_the_message_before_is_used) {
  static const uint8_t bytes[] = "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00";
  bourse__websocket ws;
  ws_trace t = {0};
  trace_open(&ws, 1000, "permessage-deflate; server_no_context_takeover");
  trace_feed(&t, &ws, bytes, 16, SIZE_MAX, 0);
  CHECK_STR(trace_line(&t), "T:Hello E-505 >close1007");
  bourse__websocket_free(&ws);
}

TEST(what_is_broken_is_an_error) {
  static const struct {
    const char *bytes;
    size_t length;
    const char *expected;
  } cases[] = {
      {"\xc1\x03\xff\xff\xff", 5, "E-505 >close1007"},                          /* no block of this kind */
      {"\xc1\x06\xf2\x48\xcd\xc9\xc9\x07", 8, "E-505 >close1007"},              /* a byte short */
      {"\xc1\x04\xf2\x48\xcd\xc9", 6, "E-505 >close1007"},                      /* cut off */
      {"\xc1\x04\x00\x05\x00\xfa", 6, "E-505 >close1007"},                      /* ... in a stored block */
      {"\xc1\x06\x00\x05\x00\xfa\xfe\x48", 8, "E-505 >close1007"},              /* its length contradicts itself */
      {"\xc0\x01\x00", 3, "E-505 >close1002"},                                  /* nothing to go on with */
      {"\x41\x03\xf2\x48\xcd\xc0\x04\xc9\xc9\x07\x00", 11, "E-505 >close1002"}, /* the bit is the first frame's */
      {"\xe1\x01\x00", 3, "E-505 >close1002"},
      {"\xc9\x01\x00", 3, "E-505 >close1002"},
      {"\xc1\x07\x00\x02\x00\xfd\xff\xff\xfe", 9, "E-505 >close1007"}, /* not UTF-8 */
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bourse__websocket ws;
    ws_trace t = {0};
    trace_open(&ws, 1000, "permessage-deflate");
    trace_feed(&t, &ws, (const uint8_t *)cases[i].bytes, cases[i].length, SIZE_MAX, 0);
    if (strcmp(trace_line(&t), cases[i].expected) != 0)
      TEST_FAIL("%zu: \"%s\", expected \"%s\"", i, t.text, cases[i].expected);
    bourse__websocket_free(&ws);
  }
}

/* A little that inflates to very much. */
TEST(a_bomb_is_too_long_a_message) {
  static char zeros[1 << 20];
  static uint8_t packed[1 << 16], frame[1 << 16];
  compressor c;
  compressor_open(&c, 15, 1, 9);
  size_t n = compress_message(&c, packed, sizeof packed, zeros, sizeof zeros);
  size_t length = ws_frame_write(frame, 0xc1, packed, n);
  CHECK(n < 2000);
  for (size_t less = 0; less < 2; less++) {
    bourse__websocket ws;
    ws_trace t = {0}, expected = {0};
    trace_put(&expected, "T:", (const uint8_t *)zeros, sizeof zeros);
    trace_open(&ws, sizeof zeros - less, "permessage-deflate");
    trace_feed(&t, &ws, frame, length, SIZE_MAX, 0);
    CHECK_STR(trace_line(&t), less == 0 ? expected.text : "E-505 >close1009");
    bourse__websocket_free(&ws);
  }
  deflateEnd(&c.stream);
}

static size_t held, most;

static void *counting_allocate(void *user_data, size_t size) {
  size_t *block = malloc(size + 16);
  (*(int *)user_data)++;
  block[0] = size;
  held += size;
  if (held > most) most = held;
  return block + 2;
}

static void counting_release(void *user_data, void *memory) {
  (void)user_data;
  if (memory == NULL) return;
  held -= ((size_t *)memory)[-2];
  free((size_t *)memory - 2);
}

static void *counting_reallocate(void *user_data, void *memory, size_t size) {
  void *block = counting_allocate(user_data, size);
  if (memory != NULL) memcpy(block, memory, ((size_t *)memory)[-2] < size ? ((size_t *)memory)[-2] : size);
  counting_release(user_data, memory);
  return block;
}

/* Nothing is allocated a message; a large one's buffer is given back. */
TEST(memory_is_bounded_and_given_back) {
  static char payload[1000000];
  static uint8_t packed[1100000], frame[1100000];
  int allocations = 0;
  const bourse_allocator counting = {&allocations, counting_allocate, counting_reallocate, counting_release};
  bourse__inflater *inflater;
  compressor c;
  const char *out;
  size_t length = 0;
  (void)frame;
  compressor_open(&c, 15, 1, 6);
  CHECK_INT(bourse__inflater_new(&inflater, &counting, 0), BOURSE_OK);
  make_payload(payload, sizeof payload, 5);
  size_t small_held = 0;
  for (int i = 0; i < 4000; i++) {
    size_t n = i == 200 ? sizeof payload : 3000;
    int before = allocations;
    size_t packed_length = compress_message(&c, packed, sizeof packed, payload, n);
    CHECK_INT(bourse__inflater_run(inflater, packed, packed_length, sizeof payload, &out, &length), BOURSE_OK);
    CHECK(length == n && memcmp(out, payload, n) == 0);
    if (i == 100) small_held = held;
    if (i > 10 && i != 200 && (i < 1200 || i > 1202)) CHECK_INT(allocations, before);
  }
  CHECK(most < 4000000);
  CHECK(held <= small_held + 65536);
  bourse__inflater_free(inflater);
  CHECK_INT(held, 0);
  deflateEnd(&c.stream);
}

TEST_MAIN()
