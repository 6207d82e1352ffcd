#include <bourse/sys/text.h>
#include <stdint.h>

#include "core/arena.h"
#include "support/few.h"
#include "test.h"

static bourse_arena *arena;
static bourse_text text;

static void start(void) {
  bourse__arena_free(arena);
  arena = bourse__arena_new(&bourse__default_allocator, 64);
  bourse_text_init(&text, arena);
}

static const char *result(void) {
  const char *out = bourse_text_finish(&text);
  return out == NULL ? "(failed)" : out;
}

static void stop(void) {
  bourse__arena_free(arena);
  arena = NULL;
}

TEST(pieces) {
  start();
  CHECK_STR(result(), "");
  bourse_text_string(&text, "a=");
  bourse_text_int(&text, 0);
  bourse_text_char(&text, '&');
  bourse_text_int(&text, INT64_MIN);
  bourse_text_char(&text, '&');
  bourse_text_int(&text, INT64_MAX);
  bourse_text_append(&text, "xyz", 2);
  bourse_text_append(&text, NULL, 0);
  CHECK_STR(result(), "a=0&-9223372036854775808&9223372036854775807xy");
  bourse_text_char(&text, '!'); /* finishing does not end it */
  CHECK_STR(result(), "a=0&-9223372036854775808&9223372036854775807xy!");
  stop();
}

TEST(decimals) {
  bourse_decimal value, absent = {0, 0, 0, 0};
  start();
  bourse_decimal_parse(&value, "-0.00100", SIZE_MAX);
  bourse_text_decimal(&text, &value);
  bourse_text_decimal(&text, &absent);
  CHECK_STR(result(), "-0.00100");
  stop();
}

TEST(url_encoding) {
  start();
  bourse_text_url(&text, "AZaz09-_.~", 10);
  CHECK_STR(result(), "AZaz09-_.~");
  start();
  bourse_text_url(&text, " /+&=%\"\x01\xC3\xA9", 10);
  CHECK_STR(result(), "%20%2F%2B%26%3D%25%22%01%C3%A9");
  stop();
}

TEST(json_strings) {
  start();
  bourse_text_json(&text, "", 0);
  CHECK_STR(result(), "\"\"");
  start();
  bourse_text_json(&text, "a\"b\\c\b\f\n\r\t\x01\x1f/\xC3\xA9", 15);
  CHECK_STR(result(), "\"a\\\"b\\\\c\\b\\f\\n\\r\\t\\u0001\\u001f/\xC3\xA9\"");
  start();
  bourse_text_json(&text, "\0x", 2);
  CHECK_STR(result(), "\"\\u0000x\"");
  stop();
}

TEST(hex_and_base64) {
  static const char *const padded[] = {"",         "Zg==",     "Zm8=",    "Zm9v",
                                       "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"}; /* RFC 4648, 10 */
  static const char *const bare[] = {"", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"};
  for (size_t n = 0; n <= 6; n++) {
    start();
    bourse_text_base64(&text, (const uint8_t *)"foobar", n);
    CHECK_STR(result(), padded[n]);
    start();
    bourse_text_base64url(&text, (const uint8_t *)"foobar", n);
    CHECK_STR(result(), bare[n]);
  }
  start();
  bourse_text_base64(&text, (const uint8_t *)"\xFB\xEF\xFF", 3);
  bourse_text_base64url(&text, (const uint8_t *)"\xFB\xEF\xFF", 3);
  bourse_text_hex(&text, (const uint8_t *)"\x00\x9A\xFF", 3);
  CHECK_STR(result(), "++//--__009aff");
  stop();
}

TEST(base64_decoding) {
  static const char *const good[][2] = {{"", ""},
                                        {"Zg==", "f"},
                                        {"Zg", "f"},
                                        {"Zm8=", "fo"},
                                        {"Zm9v", "foo"},
                                        {"Zm9vYmFy", "foobar"},
                                        {"++//", "\xFB\xEF\xFF"},
                                        {"--__", "\xFB\xEF\xFF"}};
  static const char *const bad[] = {
      "Z", "Zg=", "Zg===", "=", "==", "Zm9v=", "Zm9v==", "Z=g=", "Zm 8", "Zh", "Zm9=", "Zm9vY", "Zm8\n"};
  uint8_t out[16];
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    int64_t length = bourse_base64_decode(out, sizeof out, good[i][0], strlen(good[i][0]));
    CHECK_INT(length, strlen(good[i][1]));
    CHECK(memcmp(out, good[i][1], strlen(good[i][1])) == 0);
  }
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    if (bourse_base64_decode(out, sizeof out, bad[i], strlen(bad[i])) != -1) TEST_FAIL("accepted: %s", bad[i]);
  CHECK_INT(bourse_base64_decode(out, 2, "Zm9v", 4), -1);
  CHECK_INT(bourse_base64_decode(out, 3, "Zm9v", 4), 3);
}

TEST(every_byte_survives_base64) {
  uint8_t bytes[256], back[256];
  for (int i = 0; i < 256; i++) bytes[i] = (uint8_t)i;
  for (size_t n = 0; n <= 256; n++) {
    start();
    bourse_text_base64(&text, bytes, n);
    const char *encoded = result();
    CHECK_INT(bourse_base64_decode(back, sizeof back, encoded, strlen(encoded)), n);
    CHECK(memcmp(bytes, back, n) == 0);
  }
  stop();
}

TEST(growing_keeps_what_is_there) {
  start();
  for (int i = 0; i < 10000; i++) {
    bourse_text_char(&text, (char)('a' + i % 26));
    if (i % 1000 == 0) CHECK(bourse_arena_alloc(arena, 8) != NULL); /* in the way */
  }
  const char *out = result();
  CHECK_INT(strlen(out), 10000);
  for (int i = 0; i < 10000; i++)
    if (out[i] != 'a' + i % 26) TEST_FAIL("byte %d changed", i);
  stop();
}

TEST(failure_sticks) {
  int left;
  bourse_allocator allocator = few_allocator(&left);
  for (int gives = 1; gives < 4; gives++) {
    left = gives;
    bourse__arena_free(arena);
    arena = bourse__arena_new(&allocator, 16);
    bourse_text_init(&text, arena);
    for (int i = 0; i < 100; i++) bourse_text_string(&text, "0123456789");
    left = 100;
    bourse_text_string(&text, "x");
    CHECK(bourse_text_finish(&text) == NULL);
  }
  start();
  bourse_text_append(&text, "x", SIZE_MAX / 2);
  CHECK(bourse_text_finish(&text) == NULL);
  stop();
}

TEST_MAIN()
