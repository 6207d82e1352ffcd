/* HTTP of simulated exchanges: requests however they are cut, and what cannot be one. */
#include "client.h"

static const char time_request[] = "GET /api/v3/time HTTP/1.1\r\nHost: x\r\n\r\n";
static const char answer[] = "{\"serverTime\":1700000000000}";

/* The same bytes in one piece, byte by byte, and in two pieces at each place. */
static void everyhow(const char *bytes, const char *wanted, int32_t replies) {
  size_t length = strlen(bytes);
  for (size_t cut = 0; cut <= length + 1; cut++) {
    client c;
    client_open(&c, NULL);
    if (cut > length) {
      for (size_t i = 0; i < length; i++) sim_receive(c.connection, bytes + i, 1);
    } else {
      sim_receive(c.connection, bytes, cut);
      sim_receive(c.connection, bytes + cut, length - cut);
    }
    const char *at = client_take(&c);
    int32_t found = 0;
    while ((at = strstr(at, wanted)) != NULL) {
      found++;
      at += strlen(wanted);
    }
    if (found != replies) TEST_FAIL("cut at %zu: %d of %d replies in \"%.300s\"", cut, found, replies, c.reply);
    client_close(&c);
  }
}

TEST(requests_however_they_are_cut) {
  everyhow(time_request, answer, 1);
  everyhow("\r\nGET /api/v3/time HTTP/1.1\nHost: x\n\n", answer, 1);
  everyhow("GET http://api.binance.com/api/v3/time HTTP/1.1\r\nHost: x\r\n\r\n", answer, 1);
}

TEST(pipelined_requests_are_answered_in_turn) {
  everyhow("GET /api/v3/time HTTP/1.1\r\nHost: x\r\n\r\nGET /api/v3/time HTTP/1.1\r\nHost: x\r\n\r\n", answer, 2);
}

TEST(bodies_by_length_and_by_chunks) {
  static const char missing[] = "Mandatory parameter 'signature' was not sent";
  everyhow(
      "POST /api/v3/order HTTP/1.1\r\nX-MBX-APIKEY: sim-key\r\nContent-Length: 3\r\n\r\na=b"
      "GET /api/v3/time HTTP/1.1\r\n\r\n",
      answer, 1);
  everyhow(
      "POST /api/v3/order HTTP/1.1\r\nX-MBX-APIKEY: sim-key\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2;x=y\r\na=\r\n1\r\nb\r\n0\r\nTrailer: x\r\n\r\nGET /api/v3/time HTTP/1.1\r\n\r\n",
      answer, 1);
  everyhow("POST /api/v3/order HTTP/1.1\r\nX-MBX-APIKEY: sim-key\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           missing, 1);
}

TEST(expect_is_answered_before_the_body_is_there) {
  client c;
  client_open(&c, NULL);
  client_send(&c, "POST /api/v3/time HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  CHECK_STR(c.reply, "HTTP/1.1 100 Continue\r\n\r\n");
  client_send(&c, "a=");
  CHECK_STR(c.reply, "");
  client_send(&c, "b");
  CHECK_INT(c.status, 404);
  client_close(&c);
}

static void refused(const char *bytes, int32_t status) {
  client c;
  client_open(&c, NULL);
  client_send(&c, bytes);
  if (c.status != status) TEST_FAIL("%d for \"%.80s\", expected %d", c.status, bytes, status);
  CHECK_INT(sim_is_ending(c.connection), 1);
  CHECK_HAS(c.reply, "Connection: close");
  client_close(&c);
}

TEST(what_cannot_be_read_ends_the_connection) {
  refused("nonsense\r\n\r\n", 400);
  refused("GET /a b HTTP/1.1\r\n\r\n", 400);
  refused("GET a HTTP/1.1\r\n\r\n", 400);
  refused("GET / HTTP/2.0\r\n\r\n", 505);
  refused("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400);
  refused("GET / HTTP/1.1\r\nspace : x\r\n\r\n", 400);
  refused("POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", 400);
  refused("POST / HTTP/1.1\r\nContent-Length: -3\r\n\r\n", 400);
  refused("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
  refused("POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 501);
  refused("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400);
  refused("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413);
  refused("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n9999999\r\n", 413);
}

TEST(headers_have_an_end) {
  client c;
  client_open(&c, NULL);
  sim_receive(c.connection, "GET / HTTP/1.1\r\nx: ", 19);
  char block[4096];
  memset(block, 'a', sizeof block);
  for (int32_t i = 0; i < 17; i++) sim_receive(c.connection, block, sizeof block);
  client_take(&c);
  CHECK_INT(c.status, 431);
  client_close(&c);
}

TEST(replies_say_their_length_their_date_and_whether_they_are_the_last) {
  client c;
  client_open(&c, NULL);
  client_send(&c, time_request);
  CHECK_HAS(c.reply, "Content-Length: 28\r\n");
  CHECK_HAS(c.reply, "Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n");
  CHECK_HAS(c.reply, "Connection: keep-alive\r\n");
  CHECK_INT(sim_is_ending(c.connection), 0);
  client_send(&c, "HEAD /api/v3/time HTTP/1.1\r\nConnection: close\r\n\r\n");
  CHECK_HAS(c.reply, "Content-Length: 28\r\n");
  CHECK_STR(c.body, "");
  CHECK_INT(sim_is_ending(c.connection), 1);
  client_close(&c);
}

TEST_MAIN()
