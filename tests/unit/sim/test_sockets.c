/* WebSocket connections of simulated exchanges, and Binance's streams over them. */
#include "client.h"

static const char upgrade[] =
    "GET /stream?streams=btcusdt@depth@100ms HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

static void send_frame(client *c, int32_t first, const char *payload, size_t length) {
  uint8_t bytes[512] = {(uint8_t)first, (uint8_t)(0x80 | (length < 126 ? length : 126)), 0, 0};
  size_t at = 2;
  if (length >= 126) {
    bytes[at++] = (uint8_t)(length >> 8);
    bytes[at++] = (uint8_t)length;
  }
  static const uint8_t mask[4] = {1, 2, 3, 4};
  memcpy(bytes + at, mask, 4);
  at += 4;
  for (size_t i = 0; i < length; i++) bytes[at++] = (uint8_t)((uint8_t)payload[i] ^ mask[i % 4]);
  for (size_t i = 0; i < at; i++) sim_receive(c->connection, bytes + i, 1); /* cut everywhere */
}

static void say(client *c, const char *text) { send_frame(c, 0x81, text, strlen(text)); }

/* Payload of the next frame of the output, NUL-terminated; NULL: there is none. *first: its first byte. */
static char *next_frame(client *c, int32_t *first) {
  static char payload[70000];
  size_t length, at = 2;
  const uint8_t *bytes = sim_output(c->connection, &length);
  if (length < 2) return NULL;
  size_t size = bytes[1] & 0x7f;
  if (size == 126) {
    size = (size_t)bytes[2] << 8 | bytes[3];
    at = 4;
  }
  if (length < at + size) return NULL;
  *first = bytes[0];
  memcpy(payload, bytes + at, size);
  payload[size] = '\0';
  sim_sent(c->connection, at + size);
  return payload;
}

static const char *next_text(client *c) {
  int32_t first = 0;
  char *text;
  do text = next_frame(c, &first);
  while (text != NULL && first != 0x81);
  return text == NULL ? "" : text;
}

static void advance(client *c, int64_t ms) { sim_advance(c->s, sim_now_ns(c->s) + ms * 1000000); }

/* RFC 6455, 1.3 */
TEST(the_upgrade_is_answered_as_the_standard_shows) {
  client c;
  client_open(&c, NULL);
  client_send(&c, upgrade);
  CHECK_HAS(c.reply, "HTTP/1.1 101 Switching Protocols\r\n");
  CHECK_HAS(c.reply, "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
  client_close(&c);
  client_open(&c, NULL);
  client_send(&c,
              "GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  CHECK_INT(c.status, 426);
  client_close(&c);
}

TEST(pings_fragments_and_goodbyes) {
  client c;
  int32_t first;
  client_open(&c, NULL);
  client_send(&c, upgrade);
  send_frame(&c, 0x89, "hello", 5);
  CHECK_STR(next_frame(&c, &first), "hello");
  CHECK_INT(first, 0x8a);
  send_frame(&c, 0x01, "{\"method\":\"LIST_SUB", 19);
  send_frame(&c, 0x80, "SCRIPTIONS\",\"id\":7}", 19);
  CHECK_STR(next_text(&c), "{\"result\":[\"btcusdt@depth@100ms\"],\"id\":7}");
  send_frame(&c, 0x88, "\x03\xe8", 2);
  CHECK(next_frame(&c, &first) != NULL);
  CHECK_INT(first, 0x88);
  CHECK_INT(sim_is_ending(c.connection), 1);
  client_close(&c);
}

TEST(frames_that_are_none_break_the_connection) {
  client c;
  client_open(&c, NULL);
  client_send(&c, upgrade);
  sim_receive(c.connection, "\x81\x02hi", 4); /* not masked */
  size_t length;
  const uint8_t *bytes = sim_output(c.connection, &length);
  CHECK(sim_is_ending(c.connection) != 0 || (length > 0 && bytes[0] == 0x88));
  client_close(&c);
}

static int64_t number_in(const char *text, const char *name) {
  const char *found = strstr(text, name);
  return found == NULL ? -1 : strtoll(found + strlen(name), NULL, 10);
}

TEST(diffs_of_a_book_follow_each_other_and_join_its_state) {
  client c;
  client_open(&c, NULL);
  sim_connection *rest = sim_connect(c.s, "10.0.0.1"), *stream = c.connection;
  client_send(&c, upgrade);
  int64_t last = -1, joined = -1;
  for (int32_t i = 0; i < 20; i++) {
    advance(&c, 333);
    for (const char *text; (text = next_text(&c))[0] != '\0';) {
      CHECK_HAS(text, "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\"");
      if (last >= 0) CHECK_INT(number_in(text, "\"U\":"), last + 1);
      last = number_in(text, "\"u\":");
      CHECK(last >= number_in(text, "\"U\":"));
      if (joined < 0 || joined >= last) continue;
      CHECK(number_in(text, "\"U\":") <= joined + 1);
      joined = -2;
    }
    if (i == 5) {
      c.connection = rest;
      joined = number_in(client_get(&c, "/api/v3/depth?symbol=BTCUSDT"), "\"lastUpdateId\":");
      c.connection = stream;
      CHECK(joined >= last);
    }
  }
  CHECK(last > 0);
  CHECK_INT(joined, -2);
  client_close(&c);
}

TEST(a_planned_gap_is_one) {
  client c;
  int32_t gaps = 0;
  client_open(&c, "[{\"fault\": \"stream_gap\", \"nth\": 3}]");
  client_send(&c, upgrade);
  int64_t last = -1;
  for (int32_t i = 0; i < 10; i++) {
    advance(&c, 1000);
    for (const char *text; (text = next_text(&c))[0] != '\0';) {
      gaps += last >= 0 && number_in(text, "\"U\":") != last + 1;
      last = number_in(text, "\"u\":");
    }
  }
  CHECK_INT(gaps, 1);
  client_close(&c);
}

TEST(the_exchange_pings_and_hangs_up_on_the_silent) {
  client c;
  int32_t first = 0, pings = 0;
  client_open(&c, NULL);
  client_send(&c, upgrade);
  for (int32_t i = 0; i < 90 && sim_is_ending(c.connection) == 0; i++) {
    advance(&c, 1000);
    while (next_frame(&c, &first) != NULL) {
      pings += first == 0x89;
      if (first == 0x88) break;
    }
    if (first == 0x88) break;
  }
  CHECK_INT(pings, 4);
  CHECK_INT(first, 0x88);
  client_close(&c);
}

TEST(too_many_messages_are_the_end) {
  client c;
  int32_t first = 0;
  client_open(&c, NULL);
  client_send(&c, upgrade);
  for (int32_t i = 0; i < 6; i++) say(&c, "{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":1}");
  for (int32_t i = 0; i < 5; i++) CHECK_HAS(next_text(&c), "\"id\":1");
  CHECK(next_frame(&c, &first) != NULL);
  CHECK_INT(first, 0x88);
  CHECK(sim_violations(c.s) > 0);
  client_close(&c);
}

TEST(messages_of_market_streams) {
  client c;
  client_open(&c, NULL);
  client_send(&c, upgrade);
  say(&c, "{\"method\":\"SUBSCRIBE\",\"params\":[\"ethusdt@trade\",\"nosuch@trade\"],\"id\":\"a\"}");
  CHECK_STR(next_text(&c), "{\"result\":null,\"id\":\"a\"}");
  say(&c, "{\"method\":\"SUBSCRIBE\",\"params\":[1],\"id\":2}");
  CHECK_HAS(next_text(&c), "\"code\":2");
  say(&c, "nonsense");
  CHECK_HAS(next_text(&c), "\"code\":3");
  say(&c, "{\"method\":\"UNSUBSCRIBE\",\"params\":[\"btcusdt@depth@100ms\"],\"id\":9007199254740993}");
  CHECK_STR(next_text(&c), "{\"result\":null,\"id\":9007199254740993}");
  advance(&c, 4000);
  CHECK_HAS(next_text(&c), "{\"stream\":\"ethusdt@trade\",\"data\":{\"e\":\"trade\"");
  client_close(&c);
}

static void open_api(client *c, const char *faults) {
  client_open(c, faults);
  client_send(c,
              "GET /ws-api/v3 HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
}

TEST(orders_as_messages_and_what_the_account_is_told) {
  client c;
  char signature[129], text[512];
  static const char payload[] = "apiKey=sim-key&timestamp=1700000000000";
  static const char order[] =
      "apiKey=sim-key&newClientOrderId=m&quantity=0.01&side=BUY&symbol=BTCUSDT&"
      "timestamp=1700000000000&type=MARKET";
  open_api(&c, NULL);
  CHECK(sim_hmac_hex(signature, 256, "sim-secret", 10, payload, strlen(payload)));
  (void)snprintf(text, sizeof text,
                 "{\"id\":1,\"method\":\"userDataStream.subscribe.signature\",\"params\":{\"apiKey\":\"sim-key\","
                 "\"timestamp\":1700000000000,\"signature\":\"%s\"}}",
                 signature);
  say(&c, text);
  CHECK_HAS(next_text(&c), "{\"id\":1,\"status\":200,\"result\":{\"subscriptionId\":0}");
  say(&c, text);
  CHECK_HAS(next_text(&c), "\"error\":{\"code\":-2035");
  CHECK(sim_hmac_hex(signature, 256, "sim-secret", 10, order, strlen(order)));
  (void)snprintf(text, sizeof text,
                 "{\"id\":2,\"method\":\"order.place\",\"params\":{\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"type\":"
                 "\"MARKET\",\"quantity\":\"0.01\",\"newClientOrderId\":\"m\",\"apiKey\":\"sim-key\",\"timestamp\":"
                 "1700000000000,\"signature\":\"%s\"}}",
                 signature);
  say(&c, text);
  const char *told = next_text(&c);
  CHECK_HAS(told, "{\"subscriptionId\":0,\"event\":{\"e\":\"executionReport\"");
  CHECK_HAS(told, "\"x\":\"NEW\",\"X\":\"NEW\"");
  told = next_text(&c);
  CHECK_HAS(told, "\"x\":\"TRADE\",\"X\":\"FILLED\"");
  CHECK_HAS(next_text(&c), "\"e\":\"outboundAccountPosition\"");
  told = next_text(&c);
  CHECK_HAS(told, "{\"id\":2,\"status\":200,\"result\":{\"symbol\":\"BTCUSDT\"");
  CHECK_HAS(told, "{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":50,\"count\":0}");
  say(&c,
      "{\"id\":3,\"method\":\"order.place\",\"params\":{\"symbol\":\"BTCUSDT\",\"apiKey\":\"sim-key\",\"timestamp\":1,"
      "\"signature\":\"00\"}}");
  CHECK_HAS(next_text(&c), "{\"id\":3,\"status\":400,\"error\":{\"code\":-1022");
  say(&c, "{\"id\":4,\"method\":\"userDataStream.subscribe\"}");
  CHECK_HAS(next_text(&c), "\"status\":401");
  say(&c, "{\"id\":5,\"method\":\"no.such\"}");
  CHECK_HAS(next_text(&c), "\"status\":400");
  client_close(&c);
}

TEST(a_subscription_that_ends_and_a_connection_that_is_told_to_leave) {
  client c;
  char signature[129], text[512];
  static const char payload[] = "apiKey=sim-key&timestamp=1700000000000";
  open_api(&c, "[{\"fault\": \"listen_key_dead\", \"times\": 1}]");
  CHECK(sim_hmac_hex(signature, 256, "sim-secret", 10, payload, strlen(payload)));
  (void)snprintf(text, sizeof text,
                 "{\"id\":1,\"method\":\"userDataStream.subscribe.signature\",\"params\":{\"apiKey\":\"sim-key\","
                 "\"timestamp\":1700000000000,\"signature\":\"%s\"}}",
                 signature);
  say(&c, text);
  CHECK_HAS(next_text(&c), "\"subscriptionId\":0");
  advance(&c, 1000);
  CHECK_STR(next_text(&c), "{\"subscriptionId\":0,\"event\":{\"e\":\"eventStreamTerminated\",\"E\":1700000001000}}");
  client_close(&c);
  open_api(&c, "[{\"fault\": \"server_shutdown\", \"nth\": 3}]");
  advance(&c, 3000);
  CHECK_STR(next_text(&c), "{\"event\":{\"e\":\"serverShutdown\",\"E\":1700000003000}}");
  int32_t first = 0;
  advance(&c, 11000);
  CHECK(next_frame(&c, &first) != NULL);
  CHECK_INT(first, 0x88);
  client_close(&c);
}

TEST_MAIN()
