/* The request for the upgrade and every answer to it, each fed whole, byte by byte, and cut in two at every place. */
#include "net/no_transport.h"
#include "net/ws_server.h"
#include "net/ws_trace.h"

#define UPGRADE "Upgrade: websocket\r\nConnection: Upgrade\r\n"
#define OK      "HTTP/1.1 101 Switching Protocols\r\n" UPGRADE
#define ACCEPT  "Sec-WebSocket-Accept: @\r\n"
#define BAD     "E-505"

typedef struct answer_case {
  const char *answer; /* '@' stands for the right Sec-WebSocket-Accept, '~' for a zero byte */
  const char *expected;
} answer_case;

static size_t fill_in(char *out, const char *answer, const char *accept) {
  size_t n = 0;
  for (; *answer != '\0'; answer++) {
    if (*answer != '@') {
      out[n++] = (char)(*answer == '~' ? 0 : *answer);
      continue;
    }
    memcpy(out + n, accept, 28);
    n += 28;
  }
  return n;
}

static void feed_answer(const answer_case *c, int compress, const char *protocols, size_t step, size_t first) {
  bourse__websocket ws = {0};
  bourse__websocket_options options = trace_options(1000);
  bourse_http_header header = {"Sec-WebSocket-Protocol", protocols};
  bourse__websocket_upgrade upgrade = {.host = "h",
                                       .host_length = 1,
                                       .path = "/",
                                       .path_length = 1,
                                       .compress = compress,
                                       .headers = &header,
                                       .header_count = protocols != NULL};
  char bytes[8192], accept[64];
  ws_trace t = {0};
  size_t length = 0;
  bourse__websocket_init(&ws, &bourse__default_allocator, &options);
  CHECK_INT(bourse__websocket_begin(&ws, &upgrade), BOURSE_OK);
  const uint8_t *request = bourse__websocket_output(&ws, &length);
  trace_accept(accept, (const char *)request, length);
  bourse__websocket_sent(&ws, length);
  length = fill_in(bytes, c->answer, accept);
  trace_feed(&t, &ws, (const uint8_t *)bytes, length, step, first);
  if (strcmp(trace_line(&t), c->expected) != 0)
    TEST_FAIL("in steps of %zu, first %zu: %s\n-> \"%s\", expected \"%s\"", step, first, c->answer, t.text,
              c->expected);
  bourse__websocket_free(&ws);
}

static void check_answers(const answer_case *cases, size_t count, int compress, const char *protocols) {
  for (size_t i = 0; i < count; i++) {
    size_t length = strlen(cases[i].answer) + 40;
    feed_answer(&cases[i], compress, protocols, SIZE_MAX, 0);
    feed_answer(&cases[i], compress, protocols, 1, 0);
    for (size_t k = 1; k < length; k++) feed_answer(&cases[i], compress, protocols, SIZE_MAX, k);
  }
}

#define CHECK_ANSWERS(cases_, compress_, protocols_) \
  check_answers(cases_, sizeof cases_ / sizeof cases_[0], compress_, protocols_)

TEST(the_answer_must_be_right_in_everything) {
  static const answer_case cases[] = {
      {OK ACCEPT "\r\n", "open"},
      {"HTTP/1.1 101\r\n" UPGRADE ACCEPT "\r\n", "open"},
      {OK "sec-websocket-accept:@\r\n\r\n", "open"},
      {OK "SEC-WEBSOCKET-ACCEPT:   @  \r\n\r\n", "open"},
      {"HTTP/1.1 101 x\nUpgrade: websocket\nConnection: upgrade\nSec-WebSocket-Accept: @\n\n", "open"},
      {"HTTP/1.1 101 x\r\nUPGRADE: WebSocket\r\nconnection: keep-alive, UPGRADE\r\n" ACCEPT "\r\n", "open"},
      {"HTTP/1.1 101 x\r\nUpgrade: h2c, websocket\r\nConnection: close\r\nConnection: Upgrade\r\n" ACCEPT "\r\n",
       "open"},
      {"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" OK ACCEPT "\r\n", "open"},
      {OK ACCEPT "X-Other: a:b\r\nX-Empty:\r\n\r\n\x81\x02hi\x82\x01y", "open T:hi B:y"},
      {OK ACCEPT "\r\n\x88\x02\x03\xe8", "open C1000: >close1000"},
      {"HTTP/1.1 101 x\r\nConnection: Upgrade\r\n" ACCEPT "\r\n", BAD},
      {"HTTP/1.1 101 x\r\nUpgrade: websocket\r\n" ACCEPT "\r\n", BAD},
      {"HTTP/1.1 101 x\r\nUpgrade: websockets\r\nConnection: Upgrade\r\n" ACCEPT "\r\n", BAD},
      {"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgraded\r\n" ACCEPT "\r\n", BAD},
      {"HTTP/1.0 101 x\r\n" UPGRADE ACCEPT "\r\n", BAD},
      {"HTTP/2.0 101 x\r\n" UPGRADE ACCEPT "\r\n", BAD},
      {"HTTP/1.1101 x\r\n" UPGRADE ACCEPT "\r\n", BAD},
      {"HTTP/1.1 1010\r\n" UPGRADE ACCEPT "\r\n", BAD},
      {"HTTP/1.1 10\r\n" UPGRADE ACCEPT "\r\n", BAD},
      {"HTTP/1.1 999 x\r\n\r\n", BAD},
      {"\x81\x02hi", BAD},
      {"<html>", BAD},
      {OK "\r\n", BAD},
      {OK ACCEPT ACCEPT "\r\n", BAD},
      {OK "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", BAD},
      {OK "Sec-WebSocket-Accept: @=\r\n\r\n", BAD},
      {OK "Sec-WebSocket-Accept:\r\n\r\n", BAD},
      {OK ACCEPT "no colon\r\n\r\n", BAD},
      {OK ACCEPT ": no name\r\n\r\n", BAD},
      {OK ACCEPT "name : space\r\n\r\n", BAD},
      {OK ACCEPT " folded: line\r\n\r\n", BAD},
      {OK ACCEPT "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n", BAD},
      {OK ACCEPT "Sec-WebSocket-Protocol: chat\r\n\r\n", BAD},
      {OK ACCEPT "Sec-WebSocket-Extensions:\r\n\r\n", "open"},
  };
  CHECK_ANSWERS(cases, 0, NULL);
}

TEST(subprotocols_are_those_asked_for) {
  static const answer_case cases[] = {
      {OK ACCEPT "\r\n", "open"},
      {OK ACCEPT "Sec-WebSocket-Protocol: two\r\n\r\n", "open"},
      {OK ACCEPT "Sec-WebSocket-Protocol: three\r\n\r\n", BAD},
      {OK ACCEPT "Sec-WebSocket-Protocol: one, two\r\n\r\n", BAD},
      {OK ACCEPT "Sec-WebSocket-Protocol:\r\n\r\n", BAD},
  };
  CHECK_ANSWERS(cases, 0, "one, two");
}

#define EXTENSION(text_) OK ACCEPT "Sec-WebSocket-Extensions: " text_ "\r\n\r\n"

TEST(compression_is_agreed_upon_as_offered) {
  /* The frame behind is "Hello", compressed. */
  static const answer_case cases[] = {
      {EXTENSION("permessage-deflate") "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07~", "open T:Hello"},
      {EXTENSION("Permessage-Deflate; server_no_context_takeover"), "open"},
      {EXTENSION("permessage-deflate;client_no_context_takeover ; server_max_window_bits=15"), "open"},
      {EXTENSION("permessage-deflate; server_max_window_bits=\"8\""), "open"},
      {EXTENSION("permessage-deflate; server_max_window_bits = 9"), "open"},
      {EXTENSION("permessage-deflate; server_max_window_bits=7"), BAD},
      {EXTENSION("permessage-deflate; server_max_window_bits=16"), BAD},
      {EXTENSION("permessage-deflate; server_max_window_bits=09"), BAD},
      {EXTENSION("permessage-deflate; server_max_window_bits="), BAD},
      {EXTENSION("permessage-deflate; server_max_window_bits"), BAD},
      {EXTENSION("permessage-deflate; client_max_window_bits=15"), BAD}, /* not offered */
      {EXTENSION("permessage-deflate; client_max_window_bits"), BAD},
      {EXTENSION("permessage-deflate; server_no_context_takeover=1"), BAD},
      {EXTENSION("permessage-deflate; server_no_context_takeover; server_no_context_takeover"), BAD},
      {EXTENSION("permessage-deflate; level=9"), BAD},
      {EXTENSION("permessage-deflate;"), BAD},
      {EXTENSION("permessage-deflate, permessage-deflate"), BAD},
      {EXTENSION("x-webkit-deflate-frame"), BAD},
      {EXTENSION("permessage-deflate\r\nSec-WebSocket-Extensions: permessage-bzip2"), BAD},
      {EXTENSION(""), "open"},
      {OK ACCEPT "\r\n\xc1\x07\xf2\x48\xcd\xc9\xc9\x07~", "open E-505 >close1002"},
  };
  CHECK_ANSWERS(cases, 1, NULL);
}

TEST(refusals_are_told_whole) {
  static const answer_case cases[] = {
      {"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\n\r\nhello", "R404:hello"},
      {"HTTP/1.1 204 No Content\r\n\r\n", "R204:"},
      {"HTTP/1.0 500 x\r\nContent-Length: 0\r\n\r\n", "R500:"},
      {"HTTP/1.1 301 x\r\nLocation: /\r\nContent-Length: 2\r\n\r\nok", "R301:ok"},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 429 x\r\nContent-Length: 4\r\n\r\nslow", "R429:slow"},
      {"HTTP/1.1 403 x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n, 12345678\r\n0\r\n\r\n",
       "R403:hello,\\2012345678"},
      {"HTTP/1.1 403 x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: x\r\n\r\n", "R403:"},
      {"HTTP/1.1 403 x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", "R403:"},
      {"HTTP/1.1 403 x\r\n\r\nuntil the end", ""},
      {"HTTP/1.1 403 x\r\nContent-Length: 9\r\n\r\nnot all", ""},
  };
  CHECK_ANSWERS(cases, 0, NULL);
}

/* The connection ends, or time is over: what there is is told, and kept within bounds. */
TEST(refusals_are_told_as_far_as_they_came) {
  bourse__websocket ws;
  bourse__websocket_event event = {0};
  char accept[64];
  ws_trace t = {0};
  trace_begin(&ws, &bourse__default_allocator, 1000, 0, accept);
  CHECK_INT(bourse__websocket_refusal(&ws, &event), 0);
  const char *head = "HTTP/1.1 429 x\r\nretry-after: 12 \r\nContent-Length: 100\r\n\r\npart";
  trace_feed(&t, &ws, (const uint8_t *)head, strlen(head), SIZE_MAX, 0);
  CHECK_STR(trace_line(&t), "");
  CHECK_INT(bourse__websocket_refusal(&ws, &event), BOURSE__WEBSOCKET_REFUSED);
  CHECK_INT(event.code, 429);
  CHECK(event.length == 4 && memcmp(event.bytes, "part", 4) == 0);
  CHECK(event.retry_after != NULL && strncmp(event.retry_after, "12 \r\n", 5) == 0);
  CHECK_INT(bourse__websocket_refusal(&ws, &event), 0);
  bourse__websocket_free(&ws);
}

static void check_endless(const char *head, const char *more, int32_t expected) {
  bourse__websocket ws;
  bourse__websocket_event event = {0};
  char accept[64];
  size_t length = strlen(head), fed = 0;
  int32_t kind = 0;
  trace_begin(&ws, &bourse__default_allocator, 1000, 0, accept);
  const char *bytes = head;
  while (kind == 0 && fed < 10000000) {
    size_t room;
    uint8_t *into = bourse__websocket_room(&ws, &room);
    if (into == NULL) TEST_FAIL("no room after %zu bytes of %s", fed, head);
    if (into == NULL) break;
    memcpy(into, bytes, length);
    bourse__websocket_received(&ws, length);
    fed += length;
    kind = bourse__websocket_next(&ws, &event);
    bytes = more;
    length = strlen(more);
  }
  CHECK_INT(kind, expected);
  CHECK(fed < 200000 && event.length <= BOURSE__WEBSOCKET_BODY_MAX && ws.capacity <= 200000);
  bourse__websocket_free(&ws);
}

TEST(answers_without_end_are_bounded) {
  check_endless("HTTP/1.1 101 x\r\n", "X-Header: value\r\n", BOURSE_ERROR_BAD_REPLY);
  check_endless("HTTP/1.1 101 x\r\nX-Long: ", "long and longer and ", BOURSE_ERROR_BAD_REPLY);
  check_endless("HTTP/1.1 200 x\r\n\r\n", "body, body, body", BOURSE__WEBSOCKET_REFUSED);
  check_endless("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nbody\r\n", BOURSE__WEBSOCKET_REFUSED);
  check_endless("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n", "\r\n", BOURSE__WEBSOCKET_REFUSED);
  check_endless("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n", "f", BOURSE__WEBSOCKET_REFUSED);
  check_endless("HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", "f",
                BOURSE__WEBSOCKET_REFUSED);
}

/* RFC 6455, 1.3: its key and its answer. */
static void fill_rfc(void *user_data, void *out, size_t size) {
  (void)user_data;
  memcpy(out, "the sample nonce", size < 16 ? size : 16);
}

TEST(the_request_is_as_the_rfc_has_it) {
  bourse__websocket ws = {0};
  bourse__websocket_options options = trace_options(1000);
  options.random = (bourse_random){NULL, fill_rfc};
  bourse_http_header headers[] = {{"Origin", "http://example.com"}, {"X-Empty", ""}};
  bourse__websocket_upgrade upgrade = {.host = "server.example.com",
                                       .host_length = 18,
                                       .path = "/chat?a=b#",
                                       .path_length = 9,
                                       .headers = headers,
                                       .header_count = 2};
  size_t length = 0;
  bourse__websocket_init(&ws, &bourse__default_allocator, &options);
  CHECK_INT(bourse__websocket_begin(&ws, &upgrade), BOURSE_OK);
  const char *request = (const char *)bourse__websocket_output(&ws, &length);
  static const char expected[] =
      "GET /chat?a=b HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://example.com\r\n"
      "X-Empty: \r\n\r\n";
  CHECK(length == sizeof expected - 1 && memcmp(request, expected, length) == 0);
  CHECK_STR(ws.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  bourse__websocket_free(&ws);
}

TEST_MAIN()
