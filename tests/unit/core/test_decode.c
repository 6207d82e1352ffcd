#include "decode_document.h"

typedef struct inner {
  bourse_decimal amount;
  int64_t count;
} inner;

typedef struct record {
  const char *string;
  const char *id;
  bourse_decimal decimal;
  int64_t integer;
  int32_t small;
  int32_t yes;
  int64_t time;
  int32_t side;
  bourse_slice slice;
  bourse_slice raw;
  inner object;
  int32_t custom;
} record;

static const bourse_name sides[] = {{"BUY", 1}, {"SELL", 2}, {"B", 3}, {"7", 4}, {NULL, 0}};

static const bourse_field inner_fields[] = {BOURSE_FIELD("amount", DECIMAL, inner, amount),
                                            BOURSE_FIELD_MUST("count", INT64, inner, count)};
static const bourse_table inner_table = BOURSE_TABLE(inner_fields);

static int32_t read_custom(bourse_decoder *reader, void *member) {
  bourse_slice text;
  if (bourse_json_kind(&reader->json) == BOURSE_JSON_TRUE) return BOURSE_ERROR_UNSUPPORTED;
  if (bourse_json_kind(&reader->json) == BOURSE_JSON_FALSE)
    return bourse_decode_fail(reader, BOURSE_ERROR_REFUSED, "custom", "no falsehoods");
  if (!bourse_json_number(&reader->json, &text)) return BOURSE_OK; /* the reader's error is enough */
  *(int32_t *)member = (int32_t)text.length + (reader->user_data == NULL ? 0 : *(int32_t *)reader->user_data);
  return BOURSE_OK;
}

static const bourse_field record_fields[] = {
    BOURSE_FIELD("string", STRING, record, string),
    BOURSE_FIELD("id", ID, record, id),
    BOURSE_FIELD("price", DECIMAL, record, decimal),
    BOURSE_FIELD("integer", INT64, record, integer),
    BOURSE_FIELD("small", INT32, record, small),
    BOURSE_FIELD("yes", BOOL, record, yes),
    BOURSE_FIELD("s", TIME_S, record, time),
    BOURSE_FIELD("ms", TIME_MS, record, time),
    BOURSE_FIELD("us", TIME_US, record, time),
    BOURSE_FIELD("ns", TIME_NS, record, time),
    BOURSE_FIELD("iso", TIME_ISO, record, time),
    BOURSE_FIELD_ENUM("side", record, side, sides),
    BOURSE_FIELD("slice", SLICE, record, slice),
    BOURSE_FIELD("raw", RAW, record, raw),
    BOURSE_FIELD_OBJECT("object", record, object, &inner_table),
    BOURSE_FIELD_CUSTOM("custom", record, custom, read_custom),
    BOURSE_FIELD_MUST("a_required_name_of_over_16", CHECK, record, string),
};
static const bourse_table record_table = BOURSE_TABLE(record_fields);
#define REQUIRED_MEMBER "\"a_required_name_of_over_16\":1"

static record out;

static void begin(const char *bytes, size_t length, size_t padding) {
  begin_document(bytes, length, padding);
  memset(&out, 0, sizeof out);
}

static int32_t decode(const char *text, size_t around) {
  begin(text, strlen(text), around);
  if (bourse_decode_object(&decoder, &record_table, &out) != BOURSE_OK) return decoder.error;
  return bourse_decode_finish(&decoder);
}

static char assembled[2000];

/* {"<name>":<value>,"a_required...":1}, or the other way round */
static int32_t decode_member(const char *name, const char *value, size_t variant) {
  static const char *const forms[] = {"{\"%s\":%s," REQUIRED_MEMBER "}", "{" REQUIRED_MEMBER ",\"%s\":%s}",
                                      " { \"%s\" : %s , " REQUIRED_MEMBER " } ", "{\"%s\": %s, " REQUIRED_MEMBER "}"};
  snprintf(assembled, sizeof assembled, forms[variant % 4], name, value);
  return decode(assembled, arounds[variant / 4]);
}

enum { VARIANTS = 4 * AROUNDS };

static void accepted(const char *name, const char *value, size_t variant) {
  if (decode_member(name, value, variant) != BOURSE_OK) TEST_FAIL("refused (%s): %s", decoder.error_text, assembled);
}

static void refused(const char *name, const char *value, const char *error_text) {
  for (size_t v = 0; v < VARIANTS; v++) {
    if (decode_member(name, value, v) != BOURSE_ERROR_BAD_REPLY) TEST_FAIL("accepted: %s", assembled);
    CHECK_STR(decoder.error_text, error_text);
    CHECK_INT(bourse_decode_finish(&decoder), BOURSE_ERROR_BAD_REPLY);
  }
}

TEST(strings) {
  static const char *const values[][2] = {
      {"\"BTCUSDT\"", "BTCUSDT"},
      {"\"\"", ""},
      {"\"a\\u00e9\\n\\\"\"", "a\xC3\xA9\n\""},
      {"\"0123456789abcdef\"", "0123456789abcdef"},
      {"\"0123456789abcde\"", "0123456789abcde"},
      {"\"0123456789abcdef0123456789abcdef!\"", "0123456789abcdef0123456789abcdef!"},
      {"\"\xE2\x82\xAC\"", "\xE2\x82\xAC"}};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    for (size_t v = 0; v < VARIANTS; v++) {
      accepted("string", values[i][0], v);
      CHECK_STR(out.string, values[i][1]);
    }
  refused("string", "12", "string: not a string: 12");
  refused("string", "true", "string: not a string: true");
  refused("string", "[\"a\"]", "string: not a string: [\"a\"]");
  refused("string", "\"a\\u0000b\"", "string: holds a NUL: a\\u0000b");
}

/* Every length, and every room left in the arena's block: memory checkers see what is written past its end. */
TEST(strings_of_every_length) {
  char text[64], value[80];
  for (size_t length = 1; length <= 40; length++) {
    for (size_t i = 0; i < length; i++) text[i] = (char)('a' + i % 26);
    text[length] = '\0';
    snprintf(value, sizeof value, "\"%s\"", text);
    for (size_t v = 0; v < VARIANTS; v++) {
      accepted("string", value, v);
      CHECK_STR(out.string, text);
      accepted("id", value, v);
      CHECK_STR(out.id, text);
    }
    for (size_t taken = 0; taken <= 48; taken++) {
      snprintf(assembled, sizeof assembled, "{\"string\":%s,\"id\":%.*s,%s}", value, (int)(length % 20 + 1),
               "12345678901234567890", REQUIRED_MEMBER);
      begin(assembled, strlen(assembled), 64);
      bourse__arena_free(arena);
      decoder.arena = arena = bourse__arena_new(&bourse__default_allocator, 48);
      CHECK(bourse_arena_copy(arena, text, taken % 41) != NULL);
      CHECK_INT(bourse_decode_object(&decoder, &record_table, &out), BOURSE_OK);
      CHECK_STR(out.string, text);
      CHECK_INT(strlen(out.id), length % 20 + 1);
    }
  }
}

TEST(ids) {
  static const char *const values[][2] = {{"\"abc-1\"", "abc-1"},
                                          {"12345", "12345"},
                                          {"0", "0"},
                                          {"-7", "-7"},
                                          {"18446744073709551617", "18446744073709551617"},
                                          {"1234567890123456", "1234567890123456"},
                                          {"\"\\u0041\"", "A"}};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    for (size_t v = 0; v < VARIANTS; v++) {
      accepted("id", values[i][0], v);
      CHECK_STR(out.id, values[i][1]);
    }
  accepted("id", "\"\"", 0);
  CHECK(out.id == NULL);
  refused("id", "1.5", "id: not an integer: 1.5");
  refused("id", "1e5", "id: not an integer: 1e5");
  refused("id", "{}", "id: not a string or integer: {}");
}

TEST(decimals_of_every_length) {
  char digits[64], value[80];
  for (int length = 1; length <= 38; length++) {
    for (int point = -1; point < length; point++) {
      for (int form = 0; form < 4; form++) { /* bare or quoted, positive or negative */
        int n = 0;
        if (point == 0) n += sprintf(digits + n, "0.");
        for (int i = 0; i < length; i++) {
          if (i == point && i > 0) digits[n++] = '.';
          digits[n++] = (char)('1' + i % 9);
        }
        digits[n] = '\0';
        snprintf(value, sizeof value, form & 1 ? "\"%s%s\"" : "%s%s", form & 2 ? "-" : "", digits);
        for (size_t v = 0; v < VARIANTS; v += 4) {
          accepted("price", value, v);
          const char *text = text_of(&out.decimal);
          CHECK_INT(text[0] == '-', form >> 1);
          CHECK_STR(text + (form >> 1), digits);
        }
      }
    }
  }
}

TEST(decimals) {
  static const char *const values[][2] = {
      {"\"0.10\"", "0.10"},         {"0.10", "0.10"},       {"0", "0"},          {"-0", "0"},       {"\"-0.0\"", "0.0"},
      {"1.2e-7", "0.00000012"},     {"\"1E3\"", "1000"},    {"\"+3\"", "3"},     {"\".5\"", "0.5"}, {"\"5.\"", "5"},
      {"\"007.10\"", "7.10"},       {"\"-5.\"", "-5"},      {"\"-.5\"", "-0.5"}, {"\"\"", ""},      {"null", ""},
      {"9999999997", "9999999997"}, {"\"1\\u0030\"", NULL}, {"1e5", "100000"}};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    for (size_t v = 0; v < VARIANTS && values[i][1] != NULL; v++) {
      accepted("price", values[i][0], v);
      CHECK_STR(text_of(&out.decimal), values[i][1]);
    }
  refused("price", "\"abc\"", "price: not a number: abc");
  refused("price", "\"1\\u0030\"", "price: not a number: 1\\u0030"); /* no exchange writes digits as escapes */
  refused("price", "\"1.2.3\"", "price: not a number: 1.2.3");
  refused("price", "\"-\"", "price: not a number: -");
  refused("price", "\".\"", "price: not a number: .");
  refused("price", "\" 1\"", "price: not a number:  1");
  refused("price", "\"1 \"", "price: not a number: 1 ");
  refused("price", "\"--1\"", "price: not a number: --1");
  refused("price", "\"NaN\"", "price: not a number: NaN");
  refused("price", "true", "price: not a number: true");
  refused("price", "[1]", "price: not a number: [1]");
  refused("price", "1e200", "price: number out of range: 1e200");
  refused("price", "\"0123456789012345678901234567890123456789012345678901234567890123456789x\"",
          "price: not a number: 012345678901234567890123456789012345678901234567...");
  refused("price", "\"a\xC3\xA9\"", "price: not a number: a??");
}

TEST(numbers_that_json_does_not_have) {
  static const char *const bad[] = {"01",  "1.",  "-",    ".5",    "+1",    "-.5", "0x1", "1e", "00.5", "-01",  "1.e5",
                                    "1e+", "1E-", "1ee5", "1.5.5", "1e5.5", "1-2", "--1", "-",  "-e5",  "1.5e", "1e5x"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    for (size_t v = 0; v < VARIANTS; v++)
      if (decode_member("price", bad[i], v) != BOURSE_ERROR_BAD_REPLY ||
          decode_member("ms", bad[i], v) != BOURSE_ERROR_BAD_REPLY ||
          decode_member("id", bad[i], v) != BOURSE_ERROR_BAD_REPLY ||
          decode_member("unknown", bad[i], v) != BOURSE_ERROR_BAD_REPLY)
        TEST_FAIL("accepted: %s", assembled);
}

TEST(numbers_that_are_dropped) {
  static const char *const good[] = {"0",
                                     "-0",
                                     "-0.0",
                                     "10",
                                     "0.5e10",
                                     "1e5",
                                     "1E+5",
                                     "-1.25e-7",
                                     "123456789012345",
                                     "1234567890123456",
                                     "0.123456789012345678",
                                     "1e0000000000000000005",
                                     "-6.2604214e-11"};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
    for (size_t v = 0; v < VARIANTS; v++) accepted("unknown", good[i], v);
}

TEST(integers) {
  static const struct {
    const char *value;
    int64_t expected;
  } cases[] = {{"0", 0},
               {"-1", -1},
               {"\"42\"", 42},
               {"9223372036854775807", INT64_MAX},
               {"\"-9223372036854775808\"", INT64_MIN},
               {"1499827319559", 1499827319559},
               {"1e3", 1000},
               {"5.0", 5},
               {"\"\"", 0},
               {"null", 0},
               {"1234567890123456", 1234567890123456},
               {"12345678901234567", 12345678901234567}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    for (size_t v = 0; v < VARIANTS; v++) {
      accepted("integer", cases[i].value, v);
      CHECK_INT(out.integer, cases[i].expected);
    }
  refused("integer", "9223372036854775808", "integer: integer out of range: 9223372036854775808");
  refused("integer", "1.5", "integer: not an integer: 1.5");
  refused("integer", "\"x\"", "integer: not a number: x");
  refused("integer", "{}", "integer: not a number: {}");
  for (size_t v = 0; v < VARIANTS; v++) {
    accepted("small", "\"-2147483648\"", v);
    CHECK_INT(out.small, INT32_MIN);
  }
  refused("small", "2147483648", "small: integer out of range: 2147483648");
  refused("small", "0.1", "small: not an integer: 0.1");
}

TEST(booleans) {
  static const struct {
    const char *value;
    int32_t expected;
  } cases[] = {{"true", BOURSE_YES},     {"false", BOURSE_NO},     {"\"true\"", BOURSE_YES}, {"\"FALSE\"", BOURSE_NO},
               {"\"TRUE\"", BOURSE_YES}, {"\"false\"", BOURSE_NO}, {"null", BOURSE_UNSET},   {"\"\"", BOURSE_UNSET}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    for (size_t v = 0; v < VARIANTS; v++) {
      accepted("yes", cases[i].value, v);
      CHECK_INT(out.yes, cases[i].expected);
    }
  refused("yes", "1", "yes: neither true nor false: 1");
  refused("yes", "\"yes\"", "yes: neither true nor false: yes");
  for (size_t v = 0; v < VARIANTS; v++) {
    CHECK_INT(decode_member("yes", "fales", v), BOURSE_ERROR_BAD_REPLY);
    CHECK_INT(decode_member("yes", "truex", v), BOURSE_ERROR_BAD_REPLY);
    CHECK_INT(decode_member("yes", "tru", v), BOURSE_ERROR_BAD_REPLY);
  }
}

TEST(times) {
  static const struct {
    const char *name, *value;
    int64_t expected;
  } cases[] = {{"ms", "1760000000123", 1760000000123000000},
               {"ms", "\"1760000000123\"", 1760000000123000000},
               {"ms", "1760000000123.456789", 1760000000123456789},
               {"ms", "1760000000123.4567899", 1760000000123456789},
               {"s", "1760000000", 1760000000000000000},
               {"s", "\"1760000000.123456789\"", 1760000000123456789},
               {"s", "1534614057.321597", 1534614057321597000},
               {"s", "1.76e9", 1760000000000000000},
               {"us", "1760000000123456", 1760000000123456000},
               {"ns", "\"1760000000123456789\"", 1760000000123456789},
               {"ns", "1760000000123456789", 1760000000123456789},
               {"ms", "0", 0},
               {"ms", "-1", -1000000},
               {"s", "-0.5", -500000000},
               {"ms", "null", 0},
               {"ms", "\"\"", 0},
               {"iso", "\"2025-10-09T08:53:20.123456Z\"", 1760000000123456000},
               {"iso", "\"2025-10-09 08:53:20\"", 1760000000000000000},
               {"iso", "\"\"", 0},
               {"s", "9223372036.854775807", INT64_MAX}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    for (size_t v = 0; v < VARIANTS; v++) {
      accepted(cases[i].name, cases[i].value, v);
      CHECK_INT(out.time, cases[i].expected);
    }
  refused("s", "9223372036.854775808", "s: time out of range: 9223372036.854775808");
  refused("s", "9223372037", "s: time out of range: 9223372037");
  refused("ms", "9223372036855", "ms: time out of range: 9223372036855");
  refused("us", "9223372036854776", "us: time out of range: 9223372036854776");
  refused("ms", "\"soon\"", "ms: not a number: soon");
  refused("iso", "\"2025-13-09\"", "iso: not a time: 2025-13-09");
  refused("iso", "1760000000", "iso: not a time: 1760000000");
}

TEST(enums) {
  static const struct {
    const char *value;
    int32_t expected;
  } cases[] = {{"\"BUY\"", 1},
               {"\"SELL\"", 2},
               {"\"B\"", 3},
               {"7", 4},
               {"\"7\"", 4},
               {"\"BU\"", 0},
               {"\"BUYER\"", 0},
               {"8", 0},
               {"\"\\u0042UY\"", 1},
               {"\"\"", 0},
               {"null", 0},
               {"\"buy\"", 0},
               {"\"B\\u0000\"", 0},
               {"\"a word that is far longer than any name that any list of names could hold in it, and longer still, "
                "on and on, "
                "without an end\\u0042\"",
                0}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    for (size_t v = 0; v < VARIANTS; v++) {
      accepted("side", cases[i].value, v);
      CHECK_INT(out.side, cases[i].expected);
    }
  refused("side", "1.5", "side: not a string or integer: 1.5");
  refused("side", "true", "side: not a string or integer: true");
}

TEST(slices_and_raw_values) {
  for (size_t v = 0; v < VARIANTS; v++) {
    accepted("slice", "\"a\\n\"", v);
    CHECK(bourse_slice_is(out.slice, "a\\n"));
    accepted("slice", "-1.50e3", v);
    CHECK(bourse_slice_is(out.slice, "-1.50e3"));
    accepted("slice", "\"\"", v);
    CHECK(out.slice.data != NULL && out.slice.length == 0);
    accepted("raw", "[ 1, {\"a\":null} ]", v);
    CHECK(bourse_slice_is(out.raw, "[ 1, {\"a\":null} ]"));
    accepted("raw", "\"\"", v);
    CHECK(bourse_slice_is(out.raw, "\"\""));
    accepted("raw", "null", v);
    CHECK(out.raw.data == NULL);
  }
  refused("slice", "[]", "slice: not a string or number: []");
}

TEST(nested_objects) {
  for (size_t v = 0; v < VARIANTS; v++) {
    accepted("object", "{\"count\":3,\"amount\":\"1.5\",\"more\":[{}]}", v);
    CHECK_INT(out.object.count, 3);
    CHECK_STR(text_of(&out.object.amount), "1.5");
    accepted("object", "null", v);
    CHECK_INT(out.object.count, 0);
    accepted("object", "\"\"", v);
  }
  refused("object", "{\"amount\":1}", "count: required, but missing");
  refused("object", "{}", "count: required, but missing");
  refused("object", "{\"count\":null}", "count: required, but null");
  refused("object", "{\"count\":\"\"}", "count: required, but empty");
  refused("object", "[1]", "object: not an object: [1]");
}

TEST(custom_functions) {
  int32_t add = 100;
  for (size_t v = 0; v < VARIANTS; v++) {
    accepted("custom", "12345", v);
    CHECK_INT(out.custom, 5);
    accepted("custom", "null", v);
    accepted("custom", "\"\"", v);
    CHECK_INT(out.custom, 0);
    CHECK_INT(decode_member("custom", "true", v), BOURSE_ERROR_UNSUPPORTED);
    CHECK_STR(decoder.error_text, "custom: refused");
    CHECK_INT(decode_member("custom", "false", v), BOURSE_ERROR_REFUSED);
    CHECK_STR(decoder.error_text, "custom: no falsehoods");
    CHECK_INT(decode_member("custom", "[]", v), BOURSE_ERROR_BAD_REPLY);
    CHECK(strncmp(decoder.error_text, "custom: expected a number at byte ", 34) == 0);
  }
  begin("{\"custom\":1," REQUIRED_MEMBER "}", strlen("{\"custom\":1," REQUIRED_MEMBER "}"), 0);
  decoder.user_data = &add;
  CHECK_INT(bourse_decode_object(&decoder, &record_table, &out), BOURSE_OK);
  CHECK_INT(out.custom, 101);
}

TEST(required_and_repeated_members) {
  for (size_t i = 0; i < AROUNDS; i++) {
    CHECK_INT(decode("{}", arounds[i]), BOURSE_ERROR_BAD_REPLY);
    CHECK_STR(decoder.error_text, "a_required_name_of_over_16: required, but missing");
    CHECK_INT(decode("{\"id\":1,\"price\":\"1.0\"}", arounds[i]), BOURSE_ERROR_BAD_REPLY);
    CHECK_STR(decoder.error_text, "a_required_name_of_over_16: required, but missing");
    CHECK_INT(decode("{\"a_required_name_of_over_16\":null}", arounds[i]), BOURSE_ERROR_BAD_REPLY);
    CHECK_STR(decoder.error_text, "a_required_name_of_over_16: required, but null");
    CHECK_INT(decode("{\"a_required_name_of_over_16\":\"\"}", arounds[i]), BOURSE_ERROR_BAD_REPLY);
    CHECK_STR(decoder.error_text, "a_required_name_of_over_16: required, but empty");
    CHECK_INT(decode("{\"a_required_name_of_over_16\":[{}]}", arounds[i]), BOURSE_OK);
    CHECK_INT(decode("{\"id\":1,\"x\":0,\"id\":2," REQUIRED_MEMBER "}", arounds[i]), BOURSE_ERROR_BAD_REPLY);
    CHECK_STR(decoder.error_text, "id: comes twice");
    CHECK_INT(decode("{\"id\":null,\"id\":2," REQUIRED_MEMBER "}", arounds[i]), BOURSE_ERROR_BAD_REPLY);
    CHECK_INT(decode("{\"x\":1,\"x\":2," REQUIRED_MEMBER "}", arounds[i]), BOURSE_OK); /* not decoded: not looked at */
  }
}

TEST(any_order_and_unknown_members) {
  for (size_t i = 0; i < AROUNDS; i++) {
    CHECK_INT(decode("{\"zzz\":{\"id\":\"no\"},\"custom\":77," REQUIRED_MEMBER
                     ",\"price\":\"2.50\",\"skipped\":[1,\"a\\n\",null,true,-1e5,0],"
                     "\"id\":\"i\",\"t\":\"01234567890123456789\",\"string\":\"s\",\"pricf\":5,\"\":1}",
                     arounds[i]),
              BOURSE_OK);
    CHECK_STR(out.string, "s");
    CHECK_STR(out.id, "i");
    CHECK_STR(text_of(&out.decimal), "2.50");
    CHECK_INT(out.custom, 2);
  }
}

/* One that is sent before its turn is passed over when its turn comes, and is still seen to come twice. */
TEST(members_before_their_turn) {
  for (size_t i = 0; i < AROUNDS; i++) {
    CHECK_INT(
        decode("{\"string\":\"s\",\"integer\":7,\"id\":1,\"price\":2,\"small\":3," REQUIRED_MEMBER "}", arounds[i]),
        BOURSE_OK);
    CHECK(out.integer == 7 && out.small == 3);
    CHECK_STR(text_of(&out.decimal), "2");
    CHECK_INT(decode("{" REQUIRED_MEMBER ",\"integer\":7,\"price\":2,\"integer\":3}", arounds[i]),
              BOURSE_ERROR_BAD_REPLY);
    CHECK_STR(decoder.error_text, "integer: comes twice");
    CHECK_INT(decode("{" REQUIRED_MEMBER ",\"custom\":7,\"custom\":8}", arounds[i]), BOURSE_ERROR_BAD_REPLY);
    CHECK_STR(decoder.error_text, "custom: comes twice");
  }
}

/* By the table of the first member's name, which says in `by` which one it was. */
TEST(the_first_member_names_the_table) {
  typedef struct numbers {
    int64_t by[3];
    int64_t other;
  } numbers;
  static const bourse_field one[] = {BOURSE_FIELD("alpha", INT64, numbers, by[0]),
                                     BOURSE_FIELD("b", INT64, numbers, other)};
  static const bourse_field two[] = {BOURSE_FIELD("b", INT64, numbers, other),
                                     BOURSE_FIELD("alpha", INT64, numbers, by[1])};
  static const bourse_field three[] = {BOURSE_FIELD("alphabetic", INT64, numbers, other),
                                       BOURSE_FIELD("alpha", INT64, numbers, by[2])};
  static const bourse_table tables[] = {BOURSE_TABLE(one), BOURSE_TABLE(two), BOURSE_TABLE(three)};
  static const struct {
    const char *text;
    int64_t by[3];
    int32_t code;
  } cases[] = {{"{\"alpha\":1,\"b\":2}", {1, 0, 0}, BOURSE_OK},
               {"{\"b\":2,\"alpha\":1}", {0, 1, 0}, BOURSE_OK},
               {"{\"alphabetic\":2,\"alpha\":1}", {0, 0, 1}, BOURSE_OK},
               {"{\"bc\":2,\"alpha\":1}", {1, 0, 0}, BOURSE_OK},
               {" {\"b\":2,\"alpha\":1}", {1, 0, 0}, BOURSE_OK},
               {"{\"b\" :2,\"alpha\":1}", {1, 0, 0}, BOURSE_OK},
               {"{}", {0, 0, 0}, BOURSE_OK},
               {"", {0, 0, 0}, BOURSE_ERROR_BAD_REPLY},
               {"{\"b\":", {0, 0, 0}, BOURSE_ERROR_BAD_REPLY},
               {"{\"b\":2", {0, 0, 0}, BOURSE_ERROR_BAD_REPLY},
               {"[\"b\":2]", {0, 0, 0}, BOURSE_ERROR_BAD_REPLY}};
  for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
    for (size_t i = 0; i < AROUNDS; i++) {
      numbers read = {{0, 0, 0}, 0};
      if (arounds[i] == 64 && cases[c].text[0] == '{') continue; /* blanks in front: the first table */
      begin(cases[c].text, strlen(cases[c].text), arounds[i]);
      bourse_decode_object_by_order(&decoder, tables, 3, &read);
      CHECK_INT(bourse_decode_finish(&decoder), cases[c].code);
      if (cases[c].code == BOURSE_OK) CHECK(memcmp(read.by, cases[c].by, sizeof read.by) == 0);
    }
}

TEST(names_of_every_length_are_told_apart) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  typedef struct two {
    int64_t a, b;
  } two;
  for (size_t length = 1; length <= 36; length++) {
    for (size_t differs = 0; differs < length; differs++) {
      char name[40], other[40], text[200];
      memcpy(name, letters, length);
      memcpy(other, letters, length);
      name[length] = other[length] = '\0';
      other[differs] = '_';
      bourse_field fields[] = {{name, (uint16_t)length, offsetof(two, a), BOURSE_AS_INT64, 0, NULL, NULL, NULL},
                               {other, (uint16_t)length, offsetof(two, b), BOURSE_AS_INT64, 0, NULL, NULL, NULL}};
      const bourse_table table = {fields, 2};
      char quoted[2][44];
      snprintf(quoted[0], sizeof quoted[0], "\"%s\":", name);
      snprintf(quoted[1], sizeof quoted[1], "\"%s\":", other);
      snprintf(text, sizeof text, "{\"%s\":1,\"%s\":2,\"%sx\":3}", other, name, name);
      for (size_t i = 0; i < 2 * AROUNDS; i++) {
        fields[0].quoted = i < AROUNDS ? NULL : quoted[0];
        fields[1].quoted = i < AROUNDS ? NULL : quoted[1];
        two result = {0, 0};
        begin(text, strlen(text), arounds[i % AROUNDS]);
        CHECK_INT(bourse_decode_object(&decoder, &table, &result), BOURSE_OK);
        CHECK(result.a == 2 && result.b == 1);
      }
    }
  }
}

TEST(malformed_documents) {
  static const char *const bad[] = {"",
                                    "[",
                                    "[]",
                                    "1",
                                    "{",
                                    "{\"id\"",
                                    "{\"id\":",
                                    "{\"id\":1",
                                    "{\"id\":1,",
                                    "{\"id\":1,}",
                                    "{,}",
                                    "{\"id\" 1}",
                                    "{\"id\":1 \"x\":2}",
                                    "{\"id\":1]",
                                    "{id:1}",
                                    "{\"id\":1," REQUIRED_MEMBER "}x",
                                    "{\"id\":}",
                                    "{\"a\":[1,]}",
                                    "{\"a\":nul}",
                                    "{\"id\":\"a\x01\"}",
                                    "{\"id\":\"\xFF\"}",
                                    "{\"string\":\"a\\x\"}",
                                    "{\"\xFF\":1}",
                                    "{\"unknown\":\"\xC3\"}",
                                    "{\"id\":nul}",
                                    "{\"string\":\"abc}",
                                    "{xstring\":\"a\"," REQUIRED_MEMBER "}",
                                    "{\"id\":1, xstring\":\"a\"," REQUIRED_MEMBER "}"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    for (size_t j = 0; j < AROUNDS; j++) {
      if (decode(bad[i], arounds[j]) != BOURSE_ERROR_BAD_REPLY) TEST_FAIL("accepted: %s", bad[i]);
      CHECK(decoder.error_text[0] != '\0');
    }
  CHECK_INT(decode("{\"id\":1]", 0), BOURSE_ERROR_BAD_REPLY);
  CHECK_STR(decoder.error_text, "expected ',' or '}' at byte 7");
  CHECK_INT(decode("{\"string\":\"abc", 0), BOURSE_ERROR_BAD_REPLY);
  CHECK_STR(decoder.error_text, "string: unexpected end at byte 14");
}

static const char sample[] =
    "{\"string\":\"BTC\\u0055SDT\",\"id\":123,\"price\":\"65000.12000000\",\"integer\":-42,\"yes\":true,\"ms\":"
    "1499827319559,"
    "\"side\":\"SELL\",\"slice\":\"abc\",\"raw\":[1,2],\"object\":{\"amount\":1.5,\"count\":9},\"custom\":12,\"other\":"
    "{\"a\":[null]}," REQUIRED_MEMBER "}";

TEST(every_truncation_is_refused) {
  CHECK_INT(decode(sample, 0), BOURSE_OK);
  for (size_t n = 0; n < 2 * (sizeof sample - 1); n++) {
    size_t length = n / 2;
    begin(sample, length, n % 2 == 0 ? 0 : PADDED);
    if (bourse_decode_object(&decoder, &record_table, &out) == BOURSE_OK)
      TEST_FAIL("accepted: %.*s", (int)length, sample);
    CHECK_INT(bourse_decode_finish(&decoder), BOURSE_ERROR_BAD_REPLY);
  }
}

TEST(every_changed_byte_means_the_same_at_the_edge_and_amid) {
  static const char with[] = {'"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', '.', (char)0x80, 'e', ' ', '9'};
  char changed[sizeof sample];
  for (size_t i = 0; i < sizeof sample - 1; i++) {
    for (size_t j = 0; j < sizeof with; j++) {
      memcpy(changed, sample, sizeof sample);
      changed[i] = with[j];
      int32_t bare = decode(changed, 0);
      record first = out;
      first.string = first.id = NULL;
      first.slice.data = first.raw.data = NULL;
      for (size_t k = 1; k < AROUNDS; k++) {
        int32_t amid = decode(changed, arounds[k]);
        out.string = out.id = NULL;
        out.slice.data = out.raw.data = NULL;
        if (bare != amid || (bare == BOURSE_OK && memcmp(&first, &out, sizeof out) != 0))
          TEST_FAIL("differs: %s", changed);
      }
    }
  }
}

static const bourse_field row_fields[] = {
    BOURSE_FIELD("time", TIME_MS, record, time),  BOURSE_FIELD("price", DECIMAL, record, decimal),
    BOURSE_FIELD("", STRING, record, string),     BOURSE_FIELD_MUST("id", ID, record, id),
    BOURSE_FIELD("side", STRING, record, string),
};
static const bourse_table row_table = BOURSE_TABLE(row_fields);

static int32_t decode_row(const char *text, size_t around) {
  begin(text, strlen(text), around);
  if (bourse_decode_row(&decoder, &row_table, &out) != BOURSE_OK) return decoder.error;
  return bourse_decode_finish(&decoder);
}

TEST(rows) {
  for (size_t i = 0; i < AROUNDS; i++) {
    CHECK_INT(decode_row("[1499040000000,\"0.0163\",{\"any\":[]},77,\"buy\",\"more\",[1,{}]]", arounds[i]), BOURSE_OK);
    CHECK_INT(out.time, 1499040000000000000);
    CHECK_STR(text_of(&out.decimal), "0.0163");
    CHECK_STR(out.id, "77");
    CHECK_STR(out.string, "buy");
    CHECK_INT(decode_row(" [ null , \"\" , 0 , \"x\" ] ", arounds[i]), BOURSE_OK);
    CHECK(out.time == 0 && out.string == NULL);
    CHECK_INT(decode_row("[1,2,3]", arounds[i]), BOURSE_ERROR_BAD_REPLY);
    CHECK_STR(decoder.error_text, "id: required, but missing");
    CHECK_INT(decode_row("[]", arounds[i]), BOURSE_ERROR_BAD_REPLY);
    CHECK_INT(decode_row("[1,2,3,null]", arounds[i]), BOURSE_ERROR_BAD_REPLY);
    CHECK_STR(decoder.error_text, "id: required, but null");
    CHECK_INT(decode_row("[1,\"x\",3,4]", arounds[i]), BOURSE_ERROR_BAD_REPLY);
    CHECK_STR(decoder.error_text, "price: not a number: x");
  }
  static const char *const bad[] = {"{}",        "[", "[1",         "[1,", "[1,2,3,4,]", "[,]", "[1 2]",
                                    "[1,2,3,4}", "1", "[1,2,3,4]]", ""};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    for (size_t j = 0; j < AROUNDS; j++)
      if (decode_row(bad[i], arounds[j]) != BOURSE_ERROR_BAD_REPLY) TEST_FAIL("accepted: %s", bad[i]);
}

TEST(lists_of_strings) {
  const char *const *found;
  uint32_t count;
  for (size_t i = 0; i < AROUNDS; i++) {
    const char *text = "[\"a\",\"\",\"\\u0062\\\"\" , \"0123456789abcdef0123456789\"]";
    begin(text, strlen(text), arounds[i]);
    CHECK_INT(bourse_decode_strings(&decoder, &found, &count), BOURSE_OK);
    CHECK_INT(bourse_decode_finish(&decoder), BOURSE_OK);
    CHECK_INT(count, 4);
    CHECK_STR(found[0], "a");
    CHECK_STR(found[1], "");
    CHECK_STR(found[2], "b\"");
    CHECK_STR(found[3], "0123456789abcdef0123456789");
    begin("[]", 2, arounds[i]);
    CHECK_INT(bourse_decode_strings(&decoder, &found, &count), BOURSE_OK);
    CHECK(count == 0 && found == NULL);
  }
  static const char *const bad[] = {"{}", "[1]", "[\"a\",null]", "[\"a\"", "[\"a\",]", "[\"\\u0000\"]", "", "\"a\""};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    begin(bad[i], strlen(bad[i]), 0);
    CHECK_INT(bourse_decode_strings(&decoder, &found, &count), BOURSE_ERROR_BAD_REPLY);
    CHECK(strncmp(decoder.error_text, "strings: ", 9) == 0);
    CHECK(count == 0 && found == NULL);
  }
}

TEST(arrays_and_the_row_of_an_error) {
  const char *text = "{\"data\":[{\"count\":1},{\"count\":2,\"x\":[1,2,3]},{\"count\":\"x\"}]}";
  bourse_slice key;
  inner element;
  int32_t seen = 0;
  begin(text, strlen(text), 0);
  CHECK(bourse_json_object_begin(&decoder.json) && bourse_json_object_next(&decoder.json, &key));
  CHECK_INT(bourse_decode_array_begin(&decoder, "data"), BOURSE_OK);
  while (bourse_decode_array_next(&decoder)) {
    if (bourse_decode_object(&decoder, &inner_table, &element) != BOURSE_OK) break;
    CHECK_INT(element.count, ++seen);
  }
  CHECK_INT(seen, 2);
  CHECK_INT(decoder.error, BOURSE_ERROR_BAD_REPLY);
  CHECK_INT(decoder.error_row, 2);
  CHECK_STR(decoder.error_text, "count: not a number: x");
  CHECK_INT(bourse_decode_array_next(&decoder), 0);
  begin("{}", 2, 0);
  CHECK_INT(bourse_decode_array_begin(&decoder, "list"), BOURSE_ERROR_BAD_REPLY);
  CHECK_STR(decoder.error_text, "list: expected an array at byte 0");
  begin("[1 2]", 5, 0);
  CHECK_INT(bourse_decode_array_begin(&decoder, "list"), BOURSE_OK);
  CHECK(bourse_decode_array_next(&decoder) && bourse_json_skip(&decoder.json));
  CHECK_INT(bourse_decode_array_next(&decoder), 0);
  CHECK_INT(decoder.error, BOURSE_ERROR_BAD_REPLY);
}

TEST(the_outermost_array_counts_rows) {
  begin("[[1,2],[3,4],[5,6]]", 19, 0);
  int32_t rows = 0;
  CHECK_INT(bourse_decode_array_begin(&decoder, ""), BOURSE_OK);
  while (bourse_decode_array_next(&decoder)) {
    CHECK_INT(decoder.error_row, rows++);
    CHECK_INT(bourse_decode_array_begin(&decoder, ""), BOURSE_OK);
    while (bourse_decode_array_next(&decoder)) bourse_json_skip(&decoder.json);
  }
  CHECK_INT(rows, 3);
  CHECK_INT(bourse_decode_finish(&decoder), BOURSE_OK);
}

TEST(single_values) {
  bourse_decimal value;
  inner element = {{0, 0, 0, 0}, 0};
  begin(" 1.5 ", 5, 0);
  CHECK_INT(bourse_decode_value(&decoder, BOURSE_AS_DECIMAL, NULL, "v", &value), BOURSE_OK);
  CHECK_STR(text_of(&value), "1.5");
  CHECK_INT(bourse_decode_finish(&decoder), BOURSE_OK);
  begin("{\"count\":5}", 11, 0);
  CHECK_INT(bourse_decode_value(&decoder, BOURSE_AS_OBJECT, &inner_table, "v", &element), BOURSE_OK);
  CHECK_INT(element.count, 5);
  begin("\"x\"", 3, 0);
  CHECK_INT(bourse_decode_value(&decoder, BOURSE_AS_DECIMAL, NULL, "v", &value), BOURSE_ERROR_BAD_REPLY);
  CHECK_STR(decoder.error_text, "v: not a number: x");
  begin("", 0, 0);
  CHECK_INT(bourse_decode_value(&decoder, BOURSE_AS_DECIMAL, NULL, "v", &value), BOURSE_ERROR_BAD_REPLY);
  CHECK_STR(decoder.error_text, "v: unexpected end at byte 0");
  begin("1", 1, 0);
  CHECK_INT(bourse_decode_value(&decoder, BOURSE_AS_CUSTOM, NULL, "v", &value), BOURSE_ERROR_INTERNAL);
  begin("1", 1, 0);
  CHECK_INT(bourse_decode_value(&decoder, 99, NULL, "v", &value), BOURSE_ERROR_INTERNAL);
}

TEST(depth_is_limited_in_every_call) {
  char text[400];
  size_t n = 0;
  for (int i = 0; i < 63; i++) text[n++] = '[';
  memcpy(text + n, "[[\"1\",\"2\"]]", 11);
  bourse_level *found;
  uint32_t count;
  begin(text, n + 11, 0);
  for (int i = 0; i < 63; i++) {
    CHECK_INT(bourse_decode_array_begin(&decoder, ""), BOURSE_OK);
    CHECK_INT(bourse_decode_array_next(&decoder), 1);
  }
  CHECK_INT(bourse_decode_levels(&decoder, &found, &count), BOURSE_ERROR_BAD_REPLY);
  CHECK_STR(decoder.error_text, "levels: nested too deep at byte 64");
}

TEST(memory_running_out_is_an_error_of_its_own) {
  int left;
  const bourse_allocator few = few_allocator(&left);
  static const char *const strings[] = {"{\"id\":\"0123456789012345678901234567890123456789\"," REQUIRED_MEMBER "}",
                                        "{\"string\":\"0123456789012345678901234567890123456789\"," REQUIRED_MEMBER "}",
                                        "{\"string\":\"a\\n\"," REQUIRED_MEMBER "}",
                                        "{\"string\":\"\"," REQUIRED_MEMBER "}", "{\"id\":123456," REQUIRED_MEMBER "}"};
  bourse_level *levels;
  const char *const *list;
  uint32_t count;
  for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
    for (size_t j = 0; j < AROUNDS; j++) {
      begin(strings[i], strlen(strings[i]), arounds[j]);
      left = 1;
      decoder.arena = bourse__arena_new(&few, 16);
      CHECK_INT(bourse_decode_object(&decoder, &record_table, &out), BOURSE_ERROR_MEMORY);
      CHECK_INT(bourse_decode_finish(&decoder), BOURSE_ERROR_MEMORY);
      bourse__arena_free(decoder.arena);
    }
  begin("[[1,2]]", 7, 0);
  left = 1;
  decoder.arena = bourse__arena_new(&few, 16);
  CHECK_INT(bourse_decode_levels(&decoder, &levels, &count), BOURSE_ERROR_MEMORY);
  bourse__arena_free(decoder.arena);
  for (int gives = 1; gives < 3; gives++) {
    begin("[\"0123456789012345678901234567890123456789\"]", 44, 0);
    left = gives;
    decoder.arena = bourse__arena_new(&few, 16);
    CHECK_INT(bourse_decode_strings(&decoder, &list, &count), BOURSE_ERROR_MEMORY);
    bourse__arena_free(decoder.arena);
  }
}

TEST(a_table_with_too_many_fields_is_refused) {
  static bourse_field fields[65];
  for (size_t i = 0; i < 65; i++) fields[i] = inner_fields[0];
  bourse_table table = {fields, 65};
  begin("{}", 2, 0);
  CHECK_INT(bourse_decode_object(&decoder, &table, &out), BOURSE_ERROR_INTERNAL);
  begin("[]", 2, 0);
  CHECK_INT(bourse_decode_row(&decoder, &table, &out), BOURSE_ERROR_INTERNAL);
  table.count = 0;
  begin("{\"a\":1}", 7, 0);
  CHECK_INT(bourse_decode_object(&decoder, &table, &out), BOURSE_OK);
}

TEST(the_first_error_stays) {
  begin("[]", 2, 0);
  CHECK_INT(bourse_decode_fail(&decoder, BOURSE_ERROR_UNAVAILABLE, "status", "maintenance"), BOURSE_ERROR_UNAVAILABLE);
  CHECK_INT(bourse_decode_fail(&decoder, BOURSE_ERROR_AUTH, NULL, "other"), BOURSE_ERROR_UNAVAILABLE);
  CHECK_STR(decoder.error_text, "status: maintenance");
  CHECK_INT(bourse_decode_array_begin(&decoder, "x"), BOURSE_ERROR_UNAVAILABLE);
  CHECK_INT(bourse_decode_object(&decoder, &record_table, &out), BOURSE_ERROR_UNAVAILABLE);
  CHECK_INT(bourse_decode_finish(&decoder), BOURSE_ERROR_UNAVAILABLE);
  begin("[]", 2, 0);
  CHECK_INT(bourse_decode_fail(&decoder, BOURSE_ERROR_AUTH, NULL, "alone"), BOURSE_ERROR_AUTH);
  CHECK_STR(decoder.error_text, "alone");
}

TEST(name_lists) {
  bourse_slice sell = {"SELLER", 4}, empty = {"", 0};
  CHECK_INT(bourse_name_value(sides, sell), 2);
  CHECK_INT(bourse_name_value(sides, empty), 0);
  CHECK_STR(bourse_name_text(sides, 1), "BUY");
  CHECK(bourse_name_text(sides, 9) == NULL);
}

TEST(zz_nothing_is_left) { /* runs last: frees what the helpers above keep */
  begin("", 0, 0);
  end_document();
  CHECK_INT(bourse_decode_finish(&decoder), BOURSE_ERROR_BAD_REPLY);
}

/* Times in the usual form are read at once, others letter by letter: both must say the same of every letter in every place. */
TEST(the_quick_way_of_times_and_the_other_agree) {
  static const char *const forms[] = {"2024-02-29T23:59:59.826003Z", "1970-12-31T00:00:00Z",
                                      "2199-04-30T09:10:11.123456789Z"};
  for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++)
    for (size_t i = 0; i <= strlen(forms[f]); i++)
      for (int c = 1; c < 256; c++) {
        char text[40], quoted[80];
        int64_t slow = 0;
        snprintf(text, sizeof text, "%s", forms[f]);
        if (text[i] != '\0') text[i] = (char)c;
        if (c == '"' || c == '\\' || c < ' ' || c > '~') continue;
        snprintf(quoted, sizeof quoted, "\"%s\"", text);
        int32_t wrong = bourse_time_parse(&slow, text) != BOURSE_OK;
        int32_t code = decode_member("iso", quoted, VARIANTS - 4);
        if ((code != BOURSE_OK) != wrong || (!wrong && out.time != slow)) TEST_FAIL("%s: %d", text, (int)code);
      }
}

TEST_MAIN()
