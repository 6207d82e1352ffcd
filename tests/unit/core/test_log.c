#include "core/log.h"

#include "core/arena.h"
#include "test.h"

static char last_message[2048];
static int32_t last_level, message_count;

static void keep(void *user_data, int32_t level, const char *message) {
  *(int *)user_data += 1;
  last_level = level;
  message_count++;
  snprintf(last_message, sizeof last_message, "%s", message);
}

TEST(messages_above_the_level_are_dropped) {
  int calls = 0;
  bourse__log log = {keep, &calls, 2};
  bourse__log_write(&log, 1, "error %d", 1);
  CHECK_STR(last_message, "error 1");
  CHECK_INT(last_level, 1);
  bourse__log_write(&log, 2, "warn");
  bourse__log_write(&log, 3, "info");
  CHECK_STR(last_message, "warn");
  CHECK_INT(calls, 2);
  bourse__log silent = {NULL, NULL, 4};
  bourse__log_write(&silent, 1, "x");
  bourse__log_write(NULL, 1, "x");
}

TEST(long_messages_end_in_dots) {
  int calls = 0;
  bourse__log log = {keep, &calls, 4};
  bourse__log_write(&log, 4, "%02000d", 7);
  CHECK_INT(strlen(last_message), 1023);
  CHECK_STR(last_message + 1018, "00...");
}

typedef void (*redactor)(bourse_text *out, const char *text);

static void form(bourse_text *out, const char *text) { bourse__redact_form(out, text, strlen(text)); }
static void json(bourse_text *out, const char *text) { bourse__redact_json(out, text, strlen(text)); }
static void body(bourse_text *out, const char *text) { bourse__redact_body(out, text, strlen(text)); }

static void check(redactor redact, const char *given, const char *expected) {
  bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 0);
  bourse_text out;
  bourse_text_init(&out, arena);
  redact(&out, given);
  CHECK_STR(bourse_text_finish(&out), expected);
  bourse__arena_free(arena);
}

static void check_header(const char *name, const char *value, const char *expected) {
  bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 0);
  bourse_text out;
  bourse_text_init(&out, arena);
  bourse__redact_header(&out, name, value);
  CHECK_STR(bourse_text_finish(&out), expected);
  bourse__arena_free(arena);
}

#define LISTEN_KEY "pqia91ma19a5s61cv6a81va65sdf19v8a65a1a5s61cv6a81va65sdf19v8a65a1"

TEST(urls) {
  check(bourse__redact_url, "https://api.binance.com/api/v3/order?symbol=BTCUSDT&timestamp=1&signature=abcdef0123",
        "https://api.binance.com/api/v3/order?symbol=BTCUSDT&timestamp=1&signature=***");
  check(bourse__redact_url, "https://h/p?apiKey=ABCDEFGHIJKLMNOP&x=1", "https://h/p?apiKey=ABCD***&x=1");
  check(bourse__redact_url, "https://h/p?apiKey=ABCDEFGH", "https://h/p?apiKey=***");
  check(bourse__redact_url, "https://h/p?listenKey=x&token=y&passphrase=z&sign=s&secret=q&otp=1",
        "https://h/p?listenKey=***&token=***&passphrase=***&sign=***&secret=***&otp=***");
  check(bourse__redact_url, "https://h/p?%73ignature=abc&side=BUY&design=1",
        "https://h/p?%73ignature=***&side=BUY&design=1");
  check(bourse__redact_url, "wss://stream.binance.com:9443/ws/" LISTEN_KEY, "wss://stream.binance.com:9443/ws/***");
  check(bourse__redact_url, "wss://s/stream?streams=btcusdt@depth/" LISTEN_KEY,
        "wss://s/stream?streams=btcusdt@depth/***");
  check(bourse__redact_url, "http://user:pass@proxy:8080/x", "http://***@proxy:8080/x");
  check(bourse__redact_url, "https://h?token=a@b", "https://h?token=***");
  check(bourse__redact_url, "/api/v5/order", "/api/v5/order");
  check(bourse__redact_url, "", "");
}

TEST(forms) {
  check(form, "nonce=1&otp=123456&pair=XBTUSD", "nonce=1&otp=***&pair=XBTUSD");
  check(form, "a&b=&signature", "a&b=&signature");
  check(form, "signature=", "signature=***");
  check(form, "&&", "&&");
}

TEST(headers) {
  check_header("X-MBX-APIKEY", "ABCDEFGHIJKLMNOP", "X-MBX-APIKEY: ABCD***");
  check_header("KC-API-KEY", "ABCDEFGHIJKLMNOP", "KC-API-KEY: ABCD***");
  check_header("kc-api-sign", "ABCDEFGHIJKLMNOP", "kc-api-sign: ***");
  check_header("KC-API-PASSPHRASE", "ABCDEFGHIJKLMNOP", "KC-API-PASSPHRASE: ***");
  check_header("OK-ACCESS-KEY", "ABCDEFGHIJKLMNOP", "OK-ACCESS-KEY: ABCD***");
  check_header("OK-ACCESS-SIGN", "x", "OK-ACCESS-SIGN: ***");
  check_header("X-BAPI-API-KEY", "ABCDEFGHIJKLMNOP", "X-BAPI-API-KEY: ABCD***");
  check_header("X-BAPI-SIGN", "x", "X-BAPI-SIGN: ***");
  check_header("CB-ACCESS-PASSPHRASE", "x", "CB-ACCESS-PASSPHRASE: ***");
  check_header("Authorization", "Bearer eyJhbGciOiJFUzI1NiJ9", "Authorization: ***");
  check_header("Cookie", "a=b", "Cookie: ***");
  check_header("set-cookie", "a=b", "set-cookie: ***");
  check_header("API-Key", "ABCDEFGHIJKLMNOP", "API-Key: ABCD***");
  check_header("API-Sign", "x", "API-Sign: ***");
  check_header("APIKey", "ABCDEFGHIJKLMNOP", "APIKey: ABCD***");
  check_header("Authent", "x", "Authent: ***");
  check_header("Content-Type", "application/json", "Content-Type: application/json");
  check_header("OK-ACCESS-TIMESTAMP", "1", "OK-ACCESS-TIMESTAMP: 1");
}

TEST(json_members) {
  check(json, "{\"symbol\":\"BTC\",\"signature\":\"abc\",\"n\":1.50}",
        "{\"symbol\":\"BTC\",\"signature\":\"***\",\"n\":1.50}");
  check(json, "{\"params\":{\"apiKey\":\"ABCDEFGHIJKLMNOP\",\"listenKey\":5,\"list\":[{\"token\":[1,2]},true]}}",
        "{\"params\":{\"apiKey\":\"ABCD***\",\"listenKey\":\"***\",\"list\":[{\"token\":\"***\"},true]}}");
  check(json, "{\"\\u0073ign\":\"x\",\"api_key\":\"short\"}", "{\"\\u0073ign\":\"***\",\"api_key\":\"***\"}");
  check(json, "{\"op\":\"auth\",\"args\":[\"key\",1,\"sig\"]}", "{\"op\":\"auth\",\"args\":\"***\"}");
  check(json, "{\"args\":[\"key\",1,\"sig\"],\"op\":\"auth\"}", "{\"args\":\"***\",\"op\":\"auth\"}");
  check(json, "{\"op\":\"subscribe\",\"args\":[\"tickers.BTCUSDT\"]}",
        "{\"op\":\"subscribe\",\"args\":[\"tickers.BTCUSDT\"]}");
  check(json, "{\"op\":\"login\",\"args\":[{\"apiKey\":\"a\",\"passphrase\":\"b\",\"sign\":\"c\"}]}",
        "{\"op\":\"login\",\"args\":\"***\"}");
  check(json, " [ ] ", "[]");
  check(json, "{}", "{}");
}

TEST(json_that_is_none_shows_no_more_than_was_read) {
  check(json, "{\"a\":1,\"secret\":\"abc", "{\"a\":1,\"secret\":***");
  check(json, "secret=abc", "***");
  check(json, "{\"a\":1} secret", "{\"a\":1}***");
  check(json, "", "***");
}

TEST(bodies_of_either_kind) {
  check(body, " {\"sign\":1}", "{\"sign\":\"***\"}");
  check(body, "sign=1&x=2", "sign=***&x=2");
  check(body, "", "");
}

TEST(names) {
  char longest[300];
  memset(longest, 'a', sizeof longest);
  CHECK(bourse__is_secret_parameter(longest, sizeof longest));
  CHECK(!bourse__is_secret_parameter(longest, 100));
  CHECK(bourse__is_secret_parameter("API-Secret", 10));
  CHECK(!bourse__is_secret_parameter("", 0));
  CHECK(!bourse__is_secret_parameter("side", 4));
}

TEST_MAIN()
