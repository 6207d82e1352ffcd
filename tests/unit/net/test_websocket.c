/* Frames and messages: the cases of RFC 6455 in the order the Autobahn test suite has them. Every case is fed whole, byte
 * by byte, and cut in two at every place. */
#include "net/no_transport.h"
#include "net/ws_server.h"
#include "net/ws_trace.h"

/* Frames of a case. `first`: FIN, RSV and opcode, RAW for bytes as they stand, END behind the last. */
enum { END = -1, RAW = -2 };

typedef struct part {
  int first;
  const char *payload;
  size_t length; /* 0: strlen of the payload; NONE: empty */
} part;

#define NONE SIZE_MAX
#define F(first_, text_) \
  { first_, text_, 0 }
#define PARTS_MAX 24

typedef struct ws_case {
  const char *name;
  part parts[PARTS_MAX];
  const char *expected;
} ws_case;

static size_t write_parts(uint8_t *out, const part *parts) {
  size_t at = 0;
  for (const part *p = parts; p->payload != NULL; p++) {
    size_t length = p->length == NONE ? 0 : p->length != 0 ? p->length : strlen(p->payload);
    if (p->first == RAW) {
      memcpy(out + at, p->payload, length);
      at += length;
    } else {
      at += ws_frame_write(out + at, p->first, p->payload, length);
    }
  }
  return at;
}

static void feed_once(const ws_case *c, const uint8_t *bytes, size_t length, size_t step, size_t first) {
  bourse__websocket ws;
  ws_trace t = {0};
  trace_open(&ws, 1 << 20, NULL);
  trace_feed(&t, &ws, bytes, length, step, first);
  bourse__websocket_free(&ws);
  if (strcmp(trace_line(&t), c->expected) != 0)
    TEST_FAIL("%s, in steps of %zu, first %zu: \"%s\", expected \"%s\"", c->name, step, first, t.text, c->expected);
}

static void check_case(const ws_case *c) {
  static uint8_t bytes[1 << 18];
  size_t length = write_parts(bytes, c->parts);
  feed_once(c, bytes, length, SIZE_MAX, 0);
  if (length < 5000) feed_once(c, bytes, length, 1, 0);
  feed_once(c, bytes, length, 7, 0);
  for (size_t i = 1; i < length && length < 400; i++) feed_once(c, bytes, length, SIZE_MAX, i);
}

static void check_cases(const ws_case *cases, size_t count) {
  for (size_t i = 0; i < count; i++) check_case(&cases[i]);
}

#define CHECK_CASES(cases_) check_cases(cases_, sizeof cases_ / sizeof cases_[0])
#define BAD                 "E-505 >close1002"

static char filled[70000];

static const char *fill(char c) {
  memset(filled, c, sizeof filled);
  return filled;
}

TEST(messages_of_every_length_of_header) {
  static const size_t lengths[] = {0, 1, 40, 125, 126, 127, 128, 65535, 65536};
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
    for (int opcode = WS_TEXT; opcode <= WS_BINARY; opcode++) {
      ws_trace t = {0};
      char name[32];
      size_t length = lengths[i];
      trace_put(&t, opcode == WS_TEXT ? "T:" : "B:", (const uint8_t *)fill('*'), length);
      snprintf(name, sizeof name, "1.%d of %zu", opcode, length);
      ws_case c = {name, {{WS_FINAL | opcode, filled, length == 0 ? NONE : length}}, t.text};
      check_case(&c);
    }
}

TEST(pings_are_answered_and_pongs_nobody_asked_for_dropped) {
  char ping125[64];
  ws_trace t = {0};
  trace_put(&t, ">pong:", (const uint8_t *)fill('\xfe'), 125);
  snprintf(ping125, sizeof ping125, "%.60s", trace_line(&t));
  const ws_case cases[] = {
      {"2.1", {{0x89, "", NONE}}, ">pong:"},
      {"2.2", {F(0x89, "Hello, world!")}, ">pong:Hello,\\20world!"},
      {"2.3", {{0x89, "\x00\xff\xfe\xfd\xfc\xfb\x00\xff", 8}}, ">pong:\\00\\ff\\fe\\fd\\fc\\fb\\00\\ff"},
      {"2.4", {{0x89, filled, 125}}, ping125},
      {"2.5", {{0x89, filled, 126}}, BAD},
      {"2.7", {{0x8a, "", NONE}}, ""},
      {"2.8", {F(0x8a, "unsolicited")}, ""},
      {"2.9", {F(0x8a, "unsolicited"), F(0x89, "our own")}, ">pong:our\\20own"},
      {"2.10",
       {F(0x89, "0"), F(0x89, "1"), F(0x89, "2"), F(0x89, "3"), F(0x89, "4"), F(0x89, "5"), F(0x89, "6")},
       ">pong:0 >pong:1 >pong:2 >pong:3 >pong:4 >pong:5 >pong:6"},
  };
  CHECK_CASES(cases);
}

TEST(reserved_bits_opcodes_and_masks_are_violations) {
  const ws_case cases[] = {
      {"3.1", {F(0x81 | 0x40, "x")}, BAD},
      {"3.2", {F(0x81, "ok"), F(0x81 | 0x20, "x"), F(0x89, "p")}, "T:ok " BAD},
      {"3.3", {F(0x81, "ok"), F(0x81 | 0x30, "x")}, "T:ok " BAD},
      {"3.5", {F(0x82 | 0x50, "x")}, BAD},
      {"3.6", {F(0x89 | 0x60, "x")}, BAD},
      {"3.7", {{0x88 | 0x70, "", NONE}}, BAD},
      {"4.1.1", {{0x83, "", NONE}}, BAD},
      {"4.1.2", {F(0x84, "x")}, BAD},
      {"4.1.3", {F(0x81, "ok"), F(0x85, ""), F(0x89, "p")}, "T:ok " BAD},
      {"4.1.4", {F(0x86, "x")}, BAD},
      {"4.1.5", {F(0x87, "x")}, BAD},
      {"4.2.1", {{0x8b, "", NONE}}, BAD},
      {"4.2.2", {F(0x8c, "x")}, BAD},
      {"4.2.3", {F(0x81, "ok"), F(0x8d, "x")}, "T:ok " BAD},
      {"4.2.4", {F(0x8e, "x")}, BAD},
      {"4.2.5", {F(0x8f, "x")}, BAD},
      {"masked", {{RAW, "\x81\x82kkkkxx", 8}}, BAD},
      {"masked, long", {{RAW, "\x81\xfe\x00", 3}}, BAD},
      {"126 for 125", {{RAW, "\x82\x7e\x00\x7d", 4}}, BAD},
      {"126 for 3, whole", {{RAW, "\x82\x7e\x00\x03xyz", 7}}, BAD},
      {"127 for 65535", {{RAW, "\x82\x7f\0\0\0\0\0\0\xff\xff", 10}}, BAD},
      {"length with the top bit", {{RAW, "\x82\x7f\x80\0\0\0\0\1\0\0", 10}}, BAD},
      {"ping of 126 by its header", {{RAW, "\x89\x7e\x00\x7e", 4}}, BAD},
  };
  CHECK_CASES(cases);
}

TEST(fragments_and_what_comes_between_them) {
  const ws_case cases[] = {
      {"5.1", {F(0x09, "frag1"), F(0x80, "frag2")}, BAD},
      {"5.2", {F(0x0a, "frag1"), F(0x80, "frag2")}, BAD},
      {"5.3", {F(0x01, "frag1"), F(0x80, "frag2")}, "T:frag1frag2"},
      {"5.3b", {F(0x02, "frag1"), F(0x80, "frag2")}, "B:frag1frag2"},
      {"5.6", {F(0x01, "frag1"), F(0x89, "ping"), F(0x80, "frag2")}, "T:frag1frag2 >pong:ping"},
      {"5.6p", {F(0x01, "frag1"), F(0x8a, "pong"), F(0x80, "frag2"), F(0x81, "next")}, "T:frag1frag2 T:next"},
      {"5.9", {F(0x80, "no start"), F(0x81, "x")}, BAD},
      {"5.12", {F(0x00, "no start"), F(0x81, "x")}, BAD},
      {"5.15", {F(0x01, "frag1"), F(0x80, "frag2"), F(0x00, "frag3"), F(0x80, "frag4")}, "T:frag1frag2 " BAD},
      {"5.18", {F(0x01, "frag1"), F(0x81, "frag2")}, BAD},
      {"5.18b", {F(0x01, "frag1"), F(0x02, "frag2")}, BAD},
      {"5.19",
       {F(0x01, "frag1"), F(0x00, "frag2"), F(0x89, "p1"), F(0x00, "frag3"), F(0x00, "frag4"), F(0x89, "p2"),
        F(0x80, "frag5")},
       "T:frag1frag2frag3frag4frag5 >pong:p1 >pong:p2"},
      {"nothing in them", {{0x01, "", NONE}, {0x00, "", NONE}, {0x80, "", NONE}, F(0x82, "b")}, "T: B:b"},
      {"something in the middle", {{0x01, "", NONE}, F(0x00, "middle"), {0x80, "", NONE}}, "T:middle"},
      {"two messages",
       {F(0x01, "a"), F(0x80, "b"), F(0x02, "c"), F(0x00, "d"), F(0x80, "e"), F(0x81, "f")},
       "T:ab B:cde T:f"},
      {"close in the middle", {F(0x01, "a"), F(0x88, "\x03\xe8"), F(0x80, "b")}, "C1000: >close1000"},
  };
  CHECK_CASES(cases);
}

#define BAD_TEXT "E-505 >close1007"

TEST(text_is_utf8_wherever_it_is_cut) {
  const ws_case cases[] = {
      {"6.2.1", {F(0x81, "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6")}, "T:Hello-\\c2\\b5@\\c3\\9f\\c3\\b6"},
      {"6.2.2", {F(0x01, "Hello-\xc2"), F(0x80, "\xb5@")}, "T:Hello-\\c2\\b5@"},
      {"6.2.3",
       {F(0x01, "\xf0"), F(0x00, "\x9f"), F(0x89, "p"), F(0x00, "\x98"), F(0x80, "\x80")},
       "T:\\f0\\9f\\98\\80 >pong:p"},
      {"6.3.1", {F(0x81, "\xce\xba\xe1\xbd\xb9\xed\xa0\x80 edited")}, BAD_TEXT},
      {"6.4.1", {F(0x01, "\xce\xba"), F(0x00, "\xf4\x90"), F(0x80, "\x80\x80")}, BAD_TEXT},
      {"6.4.2", {F(0x01, "\xce\xba\xf4"), F(0x00, "\x90"), F(0x00, "never looked at")}, BAD_TEXT},
      {"cut off", {F(0x81, "\xf0\x9f\x98")}, BAD_TEXT},
      {"cut off in fragments", {F(0x01, "a\xf0"), F(0x00, "\x9f"), F(0x80, "\x98")}, BAD_TEXT},
      {"cut off by an empty one", {F(0x01, "\xc3"), {0x80, "", NONE}}, BAD_TEXT},
      {"binary is not looked at", {F(0x82, "\xff\xfe"), F(0x02, "\xc0"), F(0x80, "\x80")}, "B:\\ff\\fe B:\\c0\\80"},
      {"zero", {{0x81, "\0\x7f", 2}}, "T:\\00\\7f"},
      {"far behind ascii",
       {F(0x81, "0123456789012345678901234567890123456789012345678901234567890123456789\xff")},
       BAD_TEXT},
      {"6.7.1", {F(0x81, "\x80")}, BAD_TEXT},
      {"6.10", {F(0x81, "\xc0\xaf")}, BAD_TEXT},
      {"6.14", {F(0x81, "\xe0\x80\xaf")}, BAD_TEXT},
      {"6.22", {F(0x81, "\xef\xbf\xbf")}, "T:\\ef\\bf\\bf"},
      {"6.23", {F(0x81, "\xef\xbf\xbd")}, "T:\\ef\\bf\\bd"},
      {"6.12.8", {F(0x81, "\xf4\x90\x80\x80")}, BAD_TEXT},
      {"5 bytes", {F(0x81, "\xf8\x88\x80\x80\x80")}, BAD_TEXT},
  };
  CHECK_CASES(cases);
}

/* Every character there is, and what its bytes begin with: from an encoder that has nothing to do with the checker. */
static uint8_t is_prefix2[1 << 16], is_prefix3[1 << 24];

static void fill_prefixes(void) {
  for (uint32_t c = 0x80; c <= 0x10FFFF; c++) {
    uint8_t b[4];
    int n = 0;
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    if (c < 0x800) {
      b[n++] = (uint8_t)(0xC0 + c / 64);
    } else if (c < 0x10000) {
      b[n++] = (uint8_t)(0xE0 + c / 4096);
      b[n++] = (uint8_t)(0x80 + c / 64 % 64);
    } else {
      b[n++] = (uint8_t)(0xF0 + c / 262144);
      b[n++] = (uint8_t)(0x80 + c / 4096 % 64);
      b[n++] = (uint8_t)(0x80 + c / 64 % 64);
    }
    b[n++] = (uint8_t)(0x80 + c % 64);
    is_prefix2[b[0] << 8 | b[1]] = n == 2 ? 2 : 1;
    if (n > 2) is_prefix3[b[0] << 16 | b[1] << 8 | b[2]] = n == 3 ? 2 : 1;
  }
}

/* A text frame of 100 bytes of which these are here: malformed already, or not? */
static void check_beginning(const uint8_t *bytes, size_t length, int fine) {
  bourse__websocket ws;
  ws_trace t = {0};
  trace_open(&ws, 1000, NULL);
  trace_feed(&t, &ws, (const uint8_t *)"\x81\x64", 2, 2, 0);
  trace_feed(&t, &ws, bytes, length, length, 0);
  if (strcmp(trace_line(&t), fine ? "" : BAD_TEXT) != 0)
    TEST_FAIL("%02x %02x %02x (%zu): \"%s\"", bytes[0], bytes[1], bytes[2], length, t.text);
  bourse__websocket_free(&ws);
}

TEST(malformed_text_is_told_as_early_as_can_be) {
  static const uint8_t thirds[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xf5, 0xff};
  fill_prefixes();
  for (int a = 0x80; a < 0x100; a++)
    for (int b = 0; b < 0x100; b += b % 16 == 1 ? 14 : 1) {
      uint8_t bytes[3] = {(uint8_t)a, (uint8_t)b, 0};
      check_beginning(bytes, 2, is_prefix2[a << 8 | b] != 0);
      if (is_prefix2[a << 8 | b] != 1) continue;
      for (size_t i = 0; i < sizeof thirds; i++) {
        bytes[2] = thirds[i];
        check_beginning(bytes, 3, is_prefix3[a << 16 | b << 8 | thirds[i]] != 0);
      }
    }
}

TEST(every_character_is_text) {
  bourse__websocket ws;
  static uint8_t all[5000000], frame[5000020];
  size_t n = 0;
  for (uint32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 7) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    if (c < 0x80) {
      all[n++] = (uint8_t)c;
    } else if (c < 0x800) {
      all[n++] = (uint8_t)(0xC0 | c >> 6);
    } else if (c < 0x10000) {
      all[n++] = (uint8_t)(0xE0 | c >> 12);
      all[n++] = (uint8_t)(0x80 | (c >> 6 & 63));
    } else {
      all[n++] = (uint8_t)(0xF0 | c >> 18);
      all[n++] = (uint8_t)(0x80 | (c >> 12 & 63));
      all[n++] = (uint8_t)(0x80 | (c >> 6 & 63));
    }
    if (c >= 0x80) all[n++] = (uint8_t)(0x80 | (c & 63));
  }
  size_t length = ws_frame_write(frame, 0x81, all, n);
  for (size_t step = 1009; step < 10000000; step *= 31) {
    ws_trace t = {0}, expected = {0};
    trace_put(&expected, "T:", all, n);
    trace_open(&ws, 5000000, NULL);
    trace_feed(&t, &ws, frame, length, step, 0);
    CHECK_STR(trace_line(&t), trace_line(&expected));
    bourse__websocket_free(&ws);
  }
}

TEST(close_frames) {
  static char reason[126] = "\x03\xe8";
  char long_reason[64];
  ws_trace t = {0};
  memset(reason + 2, 'r', 124);
  trace_put(&t, "C1000:", (const uint8_t *)reason + 2, 123);
  snprintf(long_reason, sizeof long_reason, "%.50s >close1000", t.text);
  const ws_case cases[] = {
      {"7.1.1", {F(0x81, "Hello"), F(0x88, "\x03\xe8")}, "T:Hello C1000: >close1000"},
      {"7.1.2", {F(0x88, "\x03\xe8"), F(0x88, "\x03\xe8")}, "C1000: >close1000"},
      {"7.1.3", {F(0x88, "\x03\xe8"), F(0x89, "ping")}, "C1000: >close1000"},
      {"7.1.4", {F(0x88, "\x03\xe8"), F(0x81, "text")}, "C1000: >close1000"},
      {"7.1.5", {F(0x01, "fragment"), F(0x88, "\x03\xe8"), F(0x80, "rest")}, "C1000: >close1000"},
      {"7.3.1", {{0x88, "", NONE}}, "C1005: >close"},
      {"7.3.2", {F(0x88, "a")}, BAD},
      {"half of 1000", {{RAW, "\x88\x01\x03\xe8", 4}}, BAD},
      {"7.3.3", {F(0x88, "\x03\xe8")}, "C1000: >close1000"},
      {"7.3.4", {F(0x88, "\x03\xe8hello\xc3\xb6")}, "C1000:hello\\c3\\b6 >close1000"},
      {"7.3.5", {{0x88, reason, 125}}, long_reason},
      {"7.3.6", {{0x88, reason, 126}}, BAD},
      {"7.5.1", {F(0x88, "\x03\xe8\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80")}, BAD_TEXT},
      {"reason cut off", {F(0x88, "\x03\xe8\xce")}, BAD_TEXT},
      {"fragmented", {F(0x08, "\x03\xe8")}, BAD},
  };
  CHECK_CASES(cases);
}

TEST(close_codes) {
  static const int good[] = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010,
                             1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999};
  static const int bad[] = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32768, 65535};
  for (size_t i = 0; i < sizeof good / sizeof good[0] + sizeof bad / sizeof bad[0]; i++) {
    size_t at = i < sizeof good / sizeof good[0] ? i : i - sizeof good / sizeof good[0];
    int is_good = i < sizeof good / sizeof good[0], code = is_good ? good[at] : bad[at];
    char payload[2] = {(char)(code >> 8), (char)code}, name[32], expected[64];
    snprintf(name, sizeof name, "7.7 and 7.9, %d", code);
    snprintf(expected, sizeof expected, "C%d: >close%d", code, code);
    ws_case c = {name, {{0x88, payload, 2}}, is_good ? expected : BAD};
    check_case(&c);
  }
}

/* Large messages, whole and in fragments of every size, read in pieces of every size. */
static void check_large(size_t total, size_t fragment, size_t step, int opcode) {
  bourse__websocket ws;
  ws_trace t = {0}, expected = {0};
  uint8_t *payload = malloc(total), *frames = malloc(total + (total / fragment + 2) * 10 + 20);
  size_t length = 0;
  for (size_t i = 0; i < total; i++) payload[i] = (uint8_t)(opcode == WS_TEXT ? ' ' + i % 90 : i * 7 + i / 256);
  for (size_t at = 0; at < total || at == 0; at += fragment) {
    size_t n = total - at < fragment ? total - at : fragment;
    int first = (at == 0 ? opcode : WS_MORE) | (at + n == total ? WS_FINAL : 0);
    length += ws_frame_write(frames + length, first, payload + at, n);
  }
  length += ws_frame_write(frames + length, 0x81, "behind", 6);
  trace_put(&expected, opcode == WS_TEXT ? "T:" : "B:", payload, total);
  trace_put(&expected, "T:", (const uint8_t *)"behind", 6);
  trace_open(&ws, total, NULL);
  trace_feed(&t, &ws, frames, length, step, 0);
  CHECK_STR(trace_line(&t), trace_line(&expected));
  CHECK(ws.capacity <= total + 2 * 65536);
  bourse__websocket_free(&ws);
  free(payload), free(frames);
}

TEST(large_messages_and_many_fragments) {
  static const size_t totals[] = {65536, 262144, 1048576, 4194304, 16777216};
  for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
    check_large(totals[i], totals[i], 16384, WS_TEXT);
    check_large(totals[i], totals[i], SIZE_MAX, WS_BINARY);
  }
  for (size_t fragment = 64; fragment <= 262144; fragment *= 4) {
    check_large(1048576, fragment, 4096, WS_TEXT);
    check_large(1048576, fragment, SIZE_MAX, WS_BINARY);
  }
  for (size_t step = 64; step <= 2048; step *= 2) check_large(1048576, 1048576, step, WS_TEXT);
  check_large(65536, 1300, 1300, WS_TEXT);
  check_large(100000, 1, 1000, WS_TEXT);
}

TEST(a_message_may_be_as_long_as_allowed_and_no_longer) {
  const struct {
    part parts[4];
    const char *expected;
  } cases[] = {
      {{F(0x81, "12345678"), F(0x81, "b")}, "T:12345678 T:b"},
      {{F(0x81, "123456789")}, "E-505 >close1009"},
      {{{RAW, "\x82\x09", 2}}, "E-505 >close1009"}, /* its header says it */
      {{{RAW, "\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10}}, "E-505 >close1009"},
      {{F(0x01, "1234"), F(0x80, "5678")}, "T:12345678"},
      {{F(0x01, "1234"), F(0x00, "5678"), F(0x80, "9")}, "E-505 >close1009"},
      {{F(0x01, "12345678"), F(0x89, "ping, longer"), {0x80, "", NONE}}, "T:12345678 >pong:ping,\\20longer"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bourse__websocket ws;
    uint8_t bytes[200];
    size_t length = write_parts(bytes, cases[i].parts);
    for (size_t step = 1; step <= length; step++) {
      ws_trace t = {0};
      trace_open(&ws, 8, NULL);
      trace_feed(&t, &ws, bytes, length, step, 0);
      CHECK_STR(trace_line(&t), cases[i].expected);
      bourse__websocket_free(&ws);
    }
  }
}

/* One bad byte in a long stream is found wherever it is, also where the buffer's rest was moved to its beginning. */
TEST(one_bad_byte_in_many_messages_is_found) {
  enum { COUNT = 150, LENGTH = 1111 };
  static uint8_t stream[COUNT * (LENGTH + 4)];
  for (int bad = 0; bad < COUNT; bad++) {
    bourse__websocket ws;
    bourse__websocket_event event = {0};
    size_t length = 0, room;
    int messages = 0, kind = 0;
    for (int i = 0; i < COUNT; i++) length += ws_frame_write(stream + length, 0x81, fill('a'), LENGTH);
    stream[(size_t)bad * (LENGTH + 4) + 4 + (size_t)(bad * 7) % LENGTH] = 0xff;
    trace_open(&ws, 100000, NULL);
    for (size_t at = 0; at < length && kind >= 0;) {
      uint8_t *into = bourse__websocket_room(&ws, &room);
      size_t n = length - at < 5000 ? length - at : 5000;
      memcpy(into, stream + at, n);
      bourse__websocket_received(&ws, n);
      at += n;
      while ((kind = bourse__websocket_next(&ws, &event)) > 0) messages++;
    }
    CHECK_INT(kind, BOURSE_ERROR_BAD_REPLY);
    CHECK_INT(messages, bad);
    bourse__websocket_free(&ws);
  }
}

/* What we send: masked with what randomness gave, with the shortest length. */
TEST(what_is_sent_is_framed_and_masked) {
  static const size_t lengths[] = {0, 1, 3, 4, 5, 8, 11, 125, 126, 65535};
  bourse__websocket ws;
  trace_open(&ws, 1000, NULL);
  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    ws_trace t = {0}, expected = {0};
    for (size_t k = 0; k < lengths[i]; k++) filled[k] = (char)(k * 31);
    trace_put(&expected, ">T:", (const uint8_t *)filled, lengths[i]);
    CHECK_INT(bourse__websocket_send(&ws, BOURSE_MESSAGE_TEXT, filled, lengths[i]), BOURSE_OK);
    size_t length = 0;
    const uint8_t *out = bourse__websocket_output(&ws, &length);
    CHECK_INT(length, lengths[i] + (lengths[i] < 126 ? 6 : 8));
    CHECK(memcmp(out + length - lengths[i] - 4, "\0\0\0\0", 4) != 0);
    trace_output(&t, &ws);
    CHECK_STR(trace_line(&t), trace_line(&expected));
  }
  CHECK_INT(bourse__websocket_send(&ws, BOURSE_MESSAGE_BINARY, filled, 70000), BOURSE_OK);
  size_t length = 0;
  const uint8_t *out = bourse__websocket_output(&ws, &length);
  CHECK_INT(length, 70014);
  CHECK(memcmp(out, "\x82\xff\0\0\0\0\0\1\x11\x70", 10) == 0);
  bourse__websocket_sent(&ws, length);
  CHECK_INT(bourse__websocket_send(&ws, BOURSE_MESSAGE_PING, filled, 126), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__websocket_send(&ws, 8, filled, 2), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__websocket_send(&ws, 0, filled, 2), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__websocket_send(&ws, BOURSE_MESSAGE_TEXT, NULL, 2), BOURSE_ERROR_ARGUMENT);
  CHECK(bourse__websocket_output(&ws, &length) == NULL);
  bourse__websocket_close(&ws, 1000);
  CHECK_INT(bourse__websocket_send(&ws, BOURSE_MESSAGE_TEXT, "x", 1), BOURSE_ERROR_STATE);
  ws_trace t = {0};
  trace_output(&t, &ws);
  CHECK_STR(trace_line(&t), ">close1000");
  bourse__websocket_free(&ws);
}

TEST(a_pong_is_told_when_it_answers_a_ping) {
  bourse__websocket ws;
  ws_trace t = {0};
  uint8_t bytes[64];
  trace_open(&ws, 1000, NULL);
  CHECK_INT(bourse__websocket_send(&ws, BOURSE_MESSAGE_PING, "a", 1), BOURSE_OK);
  const part parts[] = {F(0x8a, "a"), F(0x8a, "a"), {END, NULL, 0}};
  trace_feed(&t, &ws, bytes, write_parts(bytes, parts), SIZE_MAX, 0);
  CHECK_STR(trace_line(&t), "P:a >ping:a"); /* the output is looked at after the first event */
  bourse__websocket_free(&ws);
}

/* The output is what TLS was given before, until all of it is written, whatever is queued meanwhile. */
TEST(what_was_begun_to_be_written_stays_where_it_is) {
  bourse__websocket ws;
  size_t length = 0, again = 0;
  trace_open(&ws, 1000, NULL);
  CHECK_INT(bourse__websocket_send(&ws, BOURSE_MESSAGE_TEXT, "first", 5), BOURSE_OK);
  const uint8_t *out = bourse__websocket_output(&ws, &length);
  for (int i = 0; i < 1000; i++)
    CHECK_INT(bourse__websocket_send(&ws, BOURSE_MESSAGE_TEXT, "others behind it", 16), BOURSE_OK);
  CHECK(bourse__websocket_output(&ws, &again) == out);
  CHECK_INT(again, length);
  bourse__websocket_sent(&ws, 3);
  CHECK(bourse__websocket_output(&ws, &again) == out + 3);
  CHECK_INT(again, length - 3);
  bourse__websocket_sent(&ws, length - 3);
  out = bourse__websocket_output(&ws, &again);
  CHECK_INT(again, 1000 * 22);
  bourse__websocket_free(&ws);
}

TEST(the_output_is_bounded) {
  bourse__websocket ws;
  int32_t sent = 0, error;
  trace_open(&ws, 1000, NULL);
  while ((error = bourse__websocket_send(&ws, BOURSE_MESSAGE_TEXT, filled, 1000)) == BOURSE_OK && sent < 100000) sent++;
  CHECK_INT(error, BOURSE_ERROR_QUEUE_FULL);
  CHECK(sent > 1000 && sent <= 1048);
  CHECK_INT(bourse__websocket_send(&ws, BOURSE_MESSAGE_TEXT, filled, (size_t)-5), BOURSE_ERROR_QUEUE_FULL);
  bourse__websocket_free(&ws);
}

/* A peer that pings without end while nothing can be written: the last ping is answered, and memory stays as it is. */
TEST(a_flood_of_pings_takes_no_memory) {
  bourse__websocket ws;
  uint8_t frame[140];
  trace_open(&ws, 1000, NULL);
  for (int i = 0; i < 100000; i++) {
    char payload[126];
    size_t room, length = ws_frame_write(frame, 0x89, payload, (size_t)snprintf(payload, sizeof payload, "%0100d", i));
    uint8_t *into = bourse__websocket_room(&ws, &room);
    bourse__websocket_event event;
    memcpy(into, frame, length);
    bourse__websocket_received(&ws, length);
    CHECK_INT(bourse__websocket_next(&ws, &event), 0);
  }
  CHECK(ws.next.capacity + ws.going.capacity <= 65536);
  size_t length;
  const uint8_t *out, *last = NULL;
  while ((out = bourse__websocket_output(&ws, &length)) != NULL) {
    last = out + length - 5;
    char digits[6] = "";
    for (int i = 0; i < 5; i++) digits[i] = (char)(last[i] ^ out[length - 104 + (size_t)(95 + i) % 4]);
    if (length < 200) CHECK_STR(digits, "99999");
    bourse__websocket_sent(&ws, length);
  }
  CHECK(last != NULL);
  bourse__websocket_free(&ws);
}

/* In steady state nothing is allocated, and a message stands in the buffer it was read into. */
static int allocations;

static void *counting_allocate(void *user_data, size_t size) {
  (void)user_data;
  allocations++;
  return malloc(size);
}

static void *counting_reallocate(void *user_data, void *memory, size_t size) {
  (void)user_data;
  allocations++;
  return realloc(memory, size);
}

static void counting_release(void *user_data, void *memory) {
  (void)user_data;
  free(memory);
}

TEST(messages_are_not_copied_and_nothing_is_allocated) {
  const bourse_allocator counting = {NULL, counting_allocate, counting_reallocate, counting_release};
  bourse__websocket ws;
  char accept[64], head[256];
  uint8_t frames[4096];
  ws_trace t = {0};
  trace_begin(&ws, &counting, 100000, 0, accept);
  int n = snprintf(head, sizeof head,
                   "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                   accept);
  trace_feed(&t, &ws, (uint8_t *)head, (size_t)n, SIZE_MAX, 0);
  const part parts[] = {{0x81, filled, 300}, F(0x01, "frag"),      F(0x89, "ping"),
                        F(0x80, "ment"),     {0x82, filled, 1000}, {END, NULL, 0}};
  size_t length = write_parts(frames, parts);
  fill('x');
  length = write_parts(frames, parts);
  int before = 0;
  for (int i = 0; i < 2000; i++) {
    bourse__websocket_event event;
    size_t room, step = 1 + (size_t)i % 1500;
    if (i == 10) before = allocations;
    for (size_t at = 0; at < length;) {
      uint8_t *into = bourse__websocket_room(&ws, &room);
      size_t k = step < length - at ? step : length - at;
      memcpy(into, frames + at, k);
      bourse__websocket_received(&ws, k);
      at += k;
      while (bourse__websocket_next(&ws, &event) != 0)
        CHECK((const uint8_t *)event.bytes >= ws.input && (const uint8_t *)event.bytes < ws.input + ws.capacity);
      const uint8_t *out;
      while ((out = bourse__websocket_output(&ws, &room)) != NULL) bourse__websocket_sent(&ws, room);
    }
  }
  CHECK(before > 0);
  CHECK_INT(allocations, before);
  bourse__websocket_free(&ws);
}

/* One large message does not leave a large buffer for ever. */
TEST(a_buffer_that_grew_is_given_back) {
  bourse__websocket ws;
  ws_trace t = {0};
  uint8_t *frame = malloc(4000100);
  memset(filled, 'x', sizeof filled);
  size_t length = 0;
  memset(frame, 'x', 4000100);
  memcpy(frame, "\x82\x7f\0\0\0\0\0\x3d\x09\x00", 10);
  trace_open(&ws, 4000000, NULL);
  trace_feed(&t, &ws, frame, 4000010, 100000, 0);
  CHECK(ws.capacity >= 4000010);
  length = ws_frame_write(frame, 0x81, "small", 5);
  for (int i = 0; i < 1100; i++) {
    t.text[0] = '\0';
    trace_feed(&t, &ws, frame, length, SIZE_MAX, 0);
  }
  CHECK_STR(trace_line(&t), "T:small");
  CHECK_INT(ws.capacity, BOURSE__WEBSOCKET_ROOM_MIN);
  bourse__websocket_free(&ws);
  free(frame);
}

TEST_MAIN()
