/* What comes back: bodies, headers, bounds, and broken replies. */
#include <bourse/sys/transport.h>

#include "net/client.h"
#include "net/no_sockets.h"
#include "net/server.h"

/* Every request is answered with these bytes, and then the connection is closed or kept. */
typedef struct canned {
  const char *bytes;
  size_t length;
  int keep;
} canned;

static int serve_canned(const server_request *r, void *user_data) {
  const canned *can = user_data;
  server_write(r->fd, can->bytes, can->length);
  return can->keep;
}

static outcome answer_bytes(const char *bytes, size_t length, size_t reply_size_max) {
  canned can = {bytes, length, 0};
  server *s = server_start(serve_canned, &can);
  client c = client_open();
  char url[200];
  outcome o = {0};
  bourse_http_request request = client_request("GET", client_url(url, s->port, "/"));
  request.reply_size_max = reply_size_max;
  CHECK_INT(client_send(&c, &o, &request), BOURSE_OK);
  client_wait(&c, &o);
  CHECK_INT(o.sent, BOURSE_YES);
  client_close(&c);
  server_stop(s);
  return o;
}

static outcome answer(const char *text) { return answer_bytes(text, strlen(text), 1 << 20); }

static void check_answer(const char *text, int32_t error, int32_t status, const char *body) {
  outcome o = answer(text);
  if (o.error != error || o.status != status || strcmp(o.body, body) != 0)
    TEST_FAIL("%s\n-> error %d, status %d, body \"%s\", \"%s\"", text, (int)o.error, (int)o.status, o.body, o.text);
  outcome_free(&o);
}

TEST(headers_are_found_by_lower_case_name) {
  const bourse_http_header headers[] = {{"a", "1"}, {"retry-after", "30"}, {"a", "2"}};
  bourse_http_reply reply = {.headers = headers, .header_count = 3};
  CHECK_STR(bourse_http_reply_header(&reply, "retry-after"), "30");
  CHECK_STR(bourse_http_reply_header(&reply, "a"), "1");
  CHECK(bourse_http_reply_header(&reply, "Retry-After") == NULL);
  reply.header_count = 0;
  CHECK(bourse_http_reply_header(&reply, "a") == NULL);
}

TEST(error_statuses_are_replies_with_bodies) {
  check_answer("HTTP/1.1 500 Oops\r\nContent-Length: 13\r\n\r\n{\"code\":-100}", BOURSE_OK, 500, "{\"code\":-100}");
  check_answer("HTTP/1.1 429 Slow\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", BOURSE_OK, 429, "");
  check_answer("HTTP/1.1 418 Teapot\r\n\r\nto the end", BOURSE_OK, 418, "to the end");
  check_answer("HTTP/1.1 204 None\r\n\r\n", BOURSE_OK, 204, "");
}

TEST(redirects_are_not_followed) {
  outcome o = answer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\nno");
  CHECK_INT(o.error, BOURSE_OK);
  CHECK_INT(o.status, 302);
  CHECK_STR(o.headers, "location=http://127.0.0.1:1/\ncontent-length=2\n");
  outcome_free(&o);
}

TEST(chunks_trailers_and_interim_replies) {
  outcome o = answer(
      "HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4\r\nWiki\r\n6;x=y\r\npedia \r\n0\r\nX-Trailer: end\r\n\r\n");
  CHECK_INT(o.error, BOURSE_OK);
  CHECK_STR(o.body, "Wikipedia ");
  CHECK_STR(o.headers, "x-a=1\ntransfer-encoding=chunked\nx-trailer=end\n");
  outcome_free(&o);
  check_answer("HTTP/1.1 103 Early Hints\r\nX-Interim: 1\r\n\r\n", BOURSE_ERROR_DISCONNECTED, 0, "");
}

TEST(header_values_come_trimmed_and_unfolded) {
  outcome o = answer(
      "HTTP/1.1 200 OK\r\nX-Spaces: \t a  b \t\r\nX-Empty:\r\nX-Folded: one\r\n  two\r\n\tthree\r\n"
      "Set-Cookie: a=1\r\nset-cookie: b=2\r\nContent-Length: 0\r\n\r\n");
  CHECK_INT(o.error, BOURSE_OK);
  CHECK_STR(o.headers,
            "x-spaces=a  b\nx-empty=\nx-folded=one two three\nset-cookie=a=1\nset-cookie=b=2\ncontent-length=0\n");
  outcome_free(&o);
}

TEST(cut_off_replies_are_disconnections) {
  check_answer("", BOURSE_ERROR_DISCONNECTED, 0, "");
  check_answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", BOURSE_ERROR_DISCONNECTED, 200, "");
  check_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal", BOURSE_ERROR_DISCONNECTED, 200, "");
  check_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhal\r\n", BOURSE_ERROR_DISCONNECTED, 200, "");
  check_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello", BOURSE_ERROR_DISCONNECTED, 200, "");
  outcome o = answer("HTTP/1.1 200 OK\r\nX-Seen: yes\r\nContent-Length: 10\r\n\r\nhalf");
  CHECK_STR(o.headers, "x-seen=yes\ncontent-length=10\n"); /* what was read until then */
  CHECK(strlen(o.text) > 0);
  outcome_free(&o);
}

TEST(what_is_not_http_is_a_bad_reply) {
  check_answer("SSH-2.0-OpenSSH\r\n", BOURSE_ERROR_BAD_REPLY, 0, "");
  check_answer("\x15\x03\x01\x02", BOURSE_ERROR_BAD_REPLY, 0, "");
  outcome o = answer_bytes("HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n", 45, 100);
  CHECK_INT(o.error, BOURSE_ERROR_BAD_REPLY);
  outcome_free(&o);
}

TEST(replies_are_bounded) {
  outcome o = answer_bytes("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world", 50, 11);
  CHECK_INT(o.error, BOURSE_OK);
  CHECK_STR(o.body, "hello world");
  outcome_free(&o);
  static const char *const too_long[] = {
      "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\n\r\nhello world",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
  };
  for (size_t i = 0; i < sizeof too_long / sizeof too_long[0]; i++) {
    o = answer_bytes(too_long[i], strlen(too_long[i]), 10);
    CHECK_INT(o.error, BOURSE_ERROR_BAD_REPLY);
    CHECK_INT(o.status, 200);
    CHECK_INT(o.body_length, 0);
    outcome_free(&o);
  }
  o = answer_bytes(too_long[0], strlen(too_long[0]), 10);
  CHECK(strstr(o.text, "reply_size_max") != NULL);
  outcome_free(&o);
}

/* `count` headers whose lines are `length` bytes each. */
static char *many_headers(int count, int length) {
  char *text = malloc((size_t)(count * (length + 2)) + 100), *at = text;
  at += sprintf(at, "HTTP/1.1 200 OK\r\n");
  for (int i = 0; i < count; i++) at += sprintf(at, "X-%03d: %0*d\r\n", i, length - 7, 7);
  sprintf(at, "\r\n");
  return text;
}

static void check_headers(int count, int length, int32_t error) {
  char *text = many_headers(count, length);
  outcome o = answer(text);
  if (o.error != error) TEST_FAIL("%d headers of %d bytes: error %d, %s", count, length, (int)o.error, o.text);
  if (error == BOURSE_OK) CHECK_INT(o.header_count, count);
  outcome_free(&o);
  free(text);
}

TEST(headers_are_bounded_in_number_and_size) {
  check_headers(100, 20, BOURSE_OK);
  check_headers(101, 20, BOURSE_ERROR_BAD_REPLY);
  check_headers(80, 800, BOURSE_OK);
  check_headers(90, 800, BOURSE_ERROR_BAD_REPLY);
  check_headers(1, 65000, BOURSE_OK);
  check_headers(1, 66000, BOURSE_ERROR_BAD_REPLY);
  check_headers(1, 500000, BOURSE_ERROR_BAD_REPLY);
}

TEST(long_bodies_come_whole) {
  enum { LENGTH = 3000000 };
  char *bytes = malloc(LENGTH + 100);
  int head = sprintf(bytes, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", LENGTH);
  for (int i = 0; i < LENGTH; i++) bytes[head + i] = (char)('a' + (i * 7 + i / 1000) % 26);
  outcome o = answer_bytes(bytes, (size_t)(head + LENGTH), LENGTH);
  CHECK_INT(o.error, BOURSE_OK);
  CHECK_INT(o.body_length, LENGTH);
  CHECK(memcmp(o.body, bytes + head, LENGTH) == 0);
  outcome_free(&o);
  o = answer_bytes(bytes, (size_t)(head + LENGTH), LENGTH - 1);
  CHECK_INT(o.error, BOURSE_ERROR_BAD_REPLY);
  outcome_free(&o);
  free(bytes);
}

/* A reply compressed by the gzip program. */
static char *compressed(const char *command, size_t *length) {
  char *bytes = malloc(1 << 20), *body = malloc(1 << 20);
  FILE *pipe = popen(command, "r");
  size_t n = pipe != NULL ? fread(body, 1, 1 << 20, pipe) : 0;
  if (pipe != NULL) pclose(pipe);
  CHECK(n > 0);
  int head = sprintf(bytes, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n", n);
  memcpy(bytes + head, body, n);
  *length = (size_t)head + n;
  free(body);
  return bytes;
}

TEST(compressed_replies_are_unpacked_and_bounded_unpacked) {
  size_t length;
  char *bytes = compressed("printf 'hello hello hello' | gzip -c", &length);
  outcome o = answer_bytes(bytes, length, 17);
  CHECK_INT(o.error, BOURSE_OK);
  CHECK_STR(o.body, "hello hello hello");
  outcome_free(&o);
  bytes[length - 6] ^= 0x55; /* the checksum */
  o = answer_bytes(bytes, length, 100);
  CHECK_INT(o.error, BOURSE_ERROR_BAD_REPLY);
  outcome_free(&o);
  free(bytes);
  bytes = compressed("head -c 50000000 /dev/zero | gzip -c", &length); /* 50 MB in 50 KB */
  o = answer_bytes(bytes, length, 1000000);
  CHECK_INT(o.error, BOURSE_ERROR_BAD_REPLY);
  CHECK(length < 100000);
  outcome_free(&o);
  free(bytes);
}

TEST(a_name_that_does_not_exist) {
  client c = client_open();
  outcome o = {0};
  client_do(&c, &o, "POST", "http://a-name-that-does-not-exist.invalid/", "x");
  CHECK_INT(o.error, BOURSE_ERROR_RESOLVE);
  CHECK_INT(o.sent, BOURSE_NO);
  outcome_free(&o);
  client_do(&c, &o, "POST", "http://[::x]/", "x");
  CHECK_INT(o.error, BOURSE_ERROR_ARGUMENT);
  CHECK_INT(o.sent, BOURSE_NO);
  outcome_free(&o);
  client_close(&c);
}

TEST(a_reply_before_the_request_is_whole_is_taken) {
  /* The server answers without reading the long body, and resets. Refusals for size look like this. */
  server *s = NULL;
  canned can = {"HTTP/1.1 413 Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig", 63, 0};
  s = server_start(serve_canned, &can);
  client c = client_open();
  char url[200], *body = malloc(1500000); /* more than the server's buffer: it never becomes whole */
  outcome o = {0};
  memset(body, 'x', 1500000);
  bourse_http_request request = client_request("POST", client_url(url, s->port, "/"));
  request.body = body;
  request.body_length = 1500000;
  CHECK_INT(client_send(&c, &o, &request), BOURSE_OK);
  client_wait(&c, &o);
  CHECK_INT(o.error, BOURSE_ERROR_DISCONNECTED); /* this server closes unanswered when its buffer is full */
  CHECK_INT(o.sent, BOURSE_YES);
  CHECK_INT(atomic_load(&s->connections), 1);
  outcome_free(&o);
  free(body);
  client_close(&c);
  server_stop(s);
}

TEST_MAIN()
