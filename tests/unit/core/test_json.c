#include <bourse/error.h>
#include <bourse/sys/json.h>

#include "test.h"

/* Passes over the whole document three ways, which must agree: skipping, copying, walking. The bytes are in a block of
 * exactly their size, so that memory checkers see any read past the end. */
static void walk(bourse_json *json) {
  bourse_slice text;
  int32_t flag;
  switch (bourse_json_kind(json)) {
    case BOURSE_JSON_OBJECT:
      if (bourse_json_object_begin(json))
        while (bourse_json_object_next(json, &text)) walk(json);
      break;
    case BOURSE_JSON_ARRAY:
      if (bourse_json_array_begin(json))
        while (bourse_json_array_next(json)) walk(json);
      break;
    case BOURSE_JSON_STRING: bourse_json_string(json, &text, &flag); break;
    case BOURSE_JSON_NUMBER: bourse_json_number(json, &text); break;
    case BOURSE_JSON_NULL: bourse_json_null(json); break;
    default: bourse_json_bool(json, &flag); break;
  }
}

static char last_error[100];

static int accepts_bytes(const char *bytes, size_t length) {
  bourse_json json;
  bourse_slice raw;
  char *exact = malloc(length == 0 ? 1 : length);
  if (exact == NULL) return 0;
  memcpy(exact, bytes, length);
  bourse_json_init(&json, exact, length);
  int skipped = bourse_json_skip(&json), verdict = bourse_json_finish(&json) == BOURSE_OK;
  snprintf(last_error, sizeof last_error, "%s", json.error == NULL ? "" : json.error);
  CHECK(verdict == (json.error == NULL) && (skipped || !verdict) && json.error_offset <= length);
  bourse_json_init(&json, exact, length);
  int copied = bourse_json_raw(&json, &raw) && bourse_json_finish(&json) == BOURSE_OK;
  bourse_json_init(&json, exact, length);
  walk(&json);
  if ((bourse_json_finish(&json) == BOURSE_OK) != verdict || copied != verdict)
    TEST_FAIL("walking and skipping differ: %.*s", (int)length, bytes);
  free(exact);
  return verdict;
}

/* Each text also inside an array, an object, and amid much white space, where the reader takes other ways. */
static int accepts(const char *text) {
  char wrapped[2000];
  int verdict = accepts_bytes(text, strlen(text));
  static const char *const around[] = {"[%s]", "{\"a\":%s}", "[1,%s,2]",
                                       "                                        %s                                   ",
                                       "{\"a\" : [ %s ] , \"b\" : {} , \"c\" : \"0123456789abcdef0123456789abcdef\" }"};
  for (size_t i = 0; i < sizeof around / sizeof around[0]; i++) {
    snprintf(wrapped, sizeof wrapped, around[i], text);
    char error[sizeof last_error];
    memcpy(error, last_error, sizeof error);
    if (accepts_bytes(wrapped, strlen(wrapped)) != verdict) TEST_FAIL("wrapped it is otherwise: %s", wrapped);
    memcpy(last_error, error, sizeof error);
  }
  return verdict;
}

static void all_accepted(const char *const *texts) {
  for (; *texts != NULL; texts++)
    if (!accepts(*texts)) TEST_FAIL("refused (%s): %s", last_error, *texts);
}

static void all_refused(const char *const *texts) {
  for (; *texts != NULL; texts++)
    if (accepts(*texts)) TEST_FAIL("accepted: %s", *texts);
}

TEST(structures) {
  static const char *const good[] = {"[]",
                                     "{}",
                                     "[[]]",
                                     "[{}]",
                                     "{\"a\":{}}",
                                     "[1,[2,[3]],{\"b\":[{}]}]",
                                     "null",
                                     "true",
                                     "false",
                                     "\"\"",
                                     "{\"\":0}",
                                     "{\"a\":1,\"a\":2}",
                                     "{\"a\":\"b\",\"c\":[null,true,false]}",
                                     "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
                                     NULL};
  static const char *const bad[] = {"[",
                                    "]",
                                    "{",
                                    "}",
                                    "[[]",
                                    "[1",
                                    "[1,",
                                    "{\"a\"",
                                    "{\"a\":",
                                    "{\"a\":1",
                                    "{\"a\":1,",
                                    "[}",
                                    "{]",
                                    "[1}",
                                    "{\"a\":1]",
                                    "{a:1}",
                                    "{'a':1}",
                                    "{1:1}",
                                    "{null:1}",
                                    "{\"a\" 1}",
                                    "{\"a\",1}",
                                    "{\"a\":}",
                                    "{:1}",
                                    "{\"a\":1 \"b\":2}",
                                    "{\"a\":1,,\"b\":2}",
                                    "{,}",
                                    "[,1]",
                                    "[1,]",
                                    "[1,,2]",
                                    "[1 2]",
                                    "[1:2]",
                                    "{\"a\":1,}",
                                    "{\"a\":1:2}",
                                    "{[]:1}",
                                    ":",
                                    "*",
                                    "<html>",
                                    "\\u0022a\"",
                                    "[\"a\",",
                                    NULL};
  all_accepted(good);
  all_refused(bad);
}

/* These change their meaning when something is put around them. */
TEST(whole_documents) {
  static const char *const bad[] = {"",    " ", "\n\t",    "1 2",   "[] []",  "{}x",  "[]]", "{}}",       "\"a\"\"b\"",
                                    "1,2", ",", "\"a\":1", "[]//c", "/**/[]", "[] #", "nul", "truefalse", NULL};
  for (const char *const *text = bad; *text != NULL; text++)
    if (accepts_bytes(*text, strlen(*text))) TEST_FAIL("accepted: %s", *text);
  CHECK(!accepts_bytes("[]\0", 3));
  CHECK(!accepts_bytes("\0", 1));
  CHECK(!accepts_bytes("\xEF\xBB\xBF[]", 5));
  CHECK(!accepts_bytes("\xEF\xBB\xBF", 3));
  CHECK(!accepts_bytes("\xFE\xFF\0[\0]", 6)); /* UTF-16 */
  CHECK(!accepts_bytes("[\0]\0", 4));
}

TEST(white_space) {
  static const char *const good[] = {" [] ", "\t\n\r {\n\"a\"\t:\r1 ,\n\"b\" : [ 1 , 2 ] }\n", "[ ]",
                                     "{ }",  "[\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n1]",        NULL};
  static const char *const bad[] = {"[\f]",           "[\v1]", "\xC2\xA0[]",     "[1\x1F]",
                                    "[\xE2\x80\xA8]", "[\b]",  "\xEF\xBB\xBF 1", NULL};
  all_accepted(good);
  all_refused(bad);
}

TEST(literals) {
  static const char *const bad[] = {"nul",  "nulll",  "Null",  "NULL", "tru",   "truee",    "True",      "TRUE",
                                    "fals", "falsee", "False", "nan",  "NaN",   "Infinity", "-Infinity", "undefined",
                                    "t",    "f",      "n",     "nan0", "null1", "tr ue",    NULL};
  all_refused(bad);
}

TEST(numbers) {
  static const char *const good[] = {"0",
                                     "-0",
                                     "1",
                                     "-1",
                                     "10",
                                     "123456789012345678901234567890",
                                     "0.0",
                                     "0.5",
                                     "-0.5",
                                     "1.25",
                                     "1e0",
                                     "1E5",
                                     "1e+5",
                                     "1e-5",
                                     "1.5e10",
                                     "-1.5E-10",
                                     "0e1",
                                     "0E+9",
                                     "0.1e-999",
                                     "1e99999999999",
                                     "0.00000000000000000000000000000000000000001",
                                     "20",
                                     "1234567890123456",
                                     "12345678901234567",
                                     NULL};
  static const char *const bad[] = {
      "-",    "+1",   "+",    "01",    "-01",          "00",    "1.",   ".5",    "-.5",    "1.e5",  ".",
      "1e",   "1e+",  "1E-",  "e5",    "1e5.5",        "1.2.3", "0x10", "1_000", "1,000.", "--1",   "- 1",
      "1 .5", "1. 5", "1e 5", "1-1",   "1+1",          "0.1.",  "2.",   "1a",    "1ee5",   "1e++5", "Inf",
      "0-1",  "0012", "-00",  "1e5e5", "\xEF\xBC\x91", "1/2",   "1.5x", NULL};
  all_accepted(good);
  all_refused(bad);
}

TEST(strings_and_escapes) {
  static const char *const good[] = {"\"a\"",
                                     "\"0123456789abcde\"",
                                     "\"0123456789abcdef\"",
                                     "\"0123456789abcdef0\"",
                                     "\" \"",
                                     "\"\\\"\"",
                                     "\"\\\\\"",
                                     "\"\\/\"",
                                     "\"\\b\\f\\n\\r\\t\"",
                                     "\"\\u0000\"",
                                     "\"\\u00e9\\u20AC\"",
                                     "\"\\uD834\\uDd1e\"",
                                     "\"\\uDBFF\\uDFFF\"",
                                     "\"\\\\u\"",
                                     "\"\\\\\\\"\"",
                                     "\"/*\"",
                                     "\"\x7F\"",
                                     "\"'\"",
                                     "\"[{,:]}\"",
                                     "\"\\uFFFF\"",
                                     "\"\\ud7ff\\ue000\"",
                                     "\"0123456789abcdef\\n\"",
                                     NULL};
  static const char *const bad[] = {"\"",
                                    "\"a",
                                    "\"\\\"",
                                    "\"\\",
                                    "\"\\a\"",
                                    "\"\\x41\"",
                                    "\"\\'\"",
                                    "\"\\0\"",
                                    "\"\\U0041\"",
                                    "\"\\u\"",
                                    "\"\\u1\"",
                                    "\"\\u12\"",
                                    "\"\\u123\"",
                                    "\"\\u123g\"",
                                    "\"\\u 123\"",
                                    "\"\\u+123\"",
                                    "\"\\ud800\"",
                                    "\"\\ud800x\"",
                                    "\"\\ud800\\n\"",
                                    "\"\\ud800\\u0041\"",
                                    "\"\\ud800\\ud800\"",
                                    "\"\\udc00\"",
                                    "\"\\udc00\\ud800\"",
                                    "\"\\ud800\\udbff\"",
                                    "\"\\ud800\\ue000\"",
                                    "\"\\udc00\\udc00\"",
                                    "\"\\ud800\\u\"",
                                    "\"\\ud83d\\ude0\"",
                                    "\"\n\"",
                                    "\"\t\"",
                                    "\"\r\"",
                                    "\"\x01\"",
                                    "\"\x1F\"",
                                    "\"0123456789abcdef\n\"",
                                    "'a'",
                                    "\"a\\\n\"",
                                    "\"\\\xC3\xA9\"",
                                    "a\"",
                                    "\"\\u\xEF\xBC\x91\xEF\xBC\x91\"",
                                    "\"\\ud834\\\\udd1e\"",
                                    NULL};
  all_accepted(good);
  all_refused(bad);
  CHECK(!accepts_bytes("\"a\0b\"", 5));
  CHECK(!accepts_bytes("\"\\\0\"", 4));
}

TEST(utf8) {
  static const char *const good[] = {"\"\xC2\x80\"",
                                     "\"\xDF\xBF\"",
                                     "\"\xE0\xA0\x80\"",
                                     "\"\xED\x9F\xBF\"",
                                     "\"\xEE\x80\x80\"",
                                     "\"\xEF\xBF\xBF\"",
                                     "\"\xF0\x90\x80\x80\"",
                                     "\"\xF4\x8F\xBF\xBF\"",
                                     "{\"\xC3\xA9\":1}",
                                     "\"\xEF\xBB\xBF\"",
                                     "\"0123456789abcde\xC3\xA9\"",
                                     "\"0123456789abcdef\xF0\x9F\x98\x80\"",
                                     NULL};
  static const char *const bad[] = {"\"\x80\"",
                                    "\"\xBF\"", /* continuation alone */
                                    "\"\xC0\x80\"",
                                    "\"\xC1\xBF\"",
                                    "\"\xE0\x80\x80\"",
                                    "\"\xE0\x9F\xBF\"", /* overlong */
                                    "\"\xF0\x80\x80\x80\"",
                                    "\"\xF0\x8F\xBF\xBF\"",
                                    "\"\xF8\x88\x80\x80\x80\"",
                                    "\"\xFC\x84\x80\x80\x80\x80\"",
                                    "\"\xED\xA0\x80\"",
                                    "\"\xED\xBF\xBF\"", /* surrogates */
                                    "\"\xED\xA0\xB4\xED\xB4\x9E\"",
                                    "\"\xF4\x90\x80\x80\"",
                                    "\"\xF5\x80\x80\x80\"",
                                    "\"\xFE\"",
                                    "\"\xFF\"", /* over U+10FFFF, or never used */
                                    "\"\xC3\"",
                                    "\"\xE2\x82\"",
                                    "\"\xF0\x9F\x98\"",
                                    "\"\xC3(\"",
                                    "\"\xE2(\x82\"",
                                    "\"\xE2\x82(\"",
                                    "\"\xF0\x9F\x98(\"", /* cut off */
                                    "\"\xC3",
                                    "\"\xE2\x82",
                                    "\"\xF0\x9F\x98",
                                    "{\"\xC3\":1}",
                                    "\xC3\xA9",
                                    "[\xE9]",
                                    NULL};
  all_accepted(good);
  all_refused(bad);
}

/* A shorter wrap than `accepts`, which would add depth. */
TEST(depth) {
  char text[300];
  for (int depth = 62; depth <= 67; depth++) {
    memset(text, '[', (size_t)depth);
    memset(text + depth, ']', (size_t)depth);
    CHECK_INT(accepts_bytes(text, 2 * (size_t)depth), depth <= BOURSE_JSON_DEPTH_MAX);
    if (depth > BOURSE_JSON_DEPTH_MAX) CHECK_STR(last_error, "nested too deep");
  }
  char *many = malloc(200000);
  if (many == NULL) return;
  memset(many, '[', 200000);
  CHECK(!accepts_bytes(many, 200000));
  for (size_t i = 0; i + 5 <= 200000; i += 5) memcpy(many + i, "{\"\":[", 5);
  CHECK(!accepts_bytes(many, 200000));
  free(many);
  bourse_json json; /* skipping counts what is already open */
  memset(text, '[', 65);
  memset(text + 65, ']', 65);
  bourse_json_init(&json, text, 130);
  for (int i = 0; i < 10; i++) CHECK(bourse_json_array_begin(&json) && bourse_json_array_next(&json));
  CHECK(!bourse_json_skip(&json));
  CHECK_STR(json.error, "nested too deep");
}

static const char sample[] =
    "{ \"symbol\" : \"BTC\\u0055SDT\\ud83d\\ude00\", \"price\":\"65000.12000000\", "
    "\"qty\":-1.5e-7,\"time\":1499827319559,"
    "\"list\":[1,[],{},null,true,false,\"\xC3\xA9\xE2\x82\xAC\"],\"object\":{\"a\":{\"b\":["
    "\"0123456789abcdef0123456789\"]}}}";

TEST(every_truncation_is_refused) {
  CHECK(accepts_bytes(sample, sizeof sample - 1));
  for (size_t length = 0; length < sizeof sample - 1; length++) CHECK(!accepts_bytes(sample, length));
}

TEST(every_changed_byte_is_read_within_bounds) {
  char changed[sizeof sample];
  static const char with[] = {'"', '\\', '{',  '}',        '[',        ']', ',', ':',
                              '0', '-',  '\0', (char)0x80, (char)0xE2, 'u', ' '};
  int refused = 0;
  for (size_t i = 0; i < sizeof sample - 1; i++) {
    for (size_t j = 0; j < sizeof with; j++) {
      memcpy(changed, sample, sizeof sample);
      changed[i] = with[j];
      refused += !accepts_bytes(changed, sizeof sample - 1);
    }
  }
  CHECK(refused > 1000);
}

TEST(reading_by_hand) {
  bourse_json json;
  bourse_slice key, text;
  int32_t escaped, yes;
  const char *doc =
      " {\"s\":\"a\\n\",\"n\":-1.50e3,\"b\":true,\"c\":false,\"z\":null,\"a\":[1,2],\"o\":{},\"r\": [ 1 , {} ] } ";
  bourse_json_init(&json, doc, strlen(doc));
  CHECK_INT(bourse_json_kind(&json), BOURSE_JSON_OBJECT);
  CHECK(bourse_json_object_begin(&json));
  CHECK(bourse_json_object_next(&json, &key) && bourse_slice_is(key, "s"));
  CHECK_INT(bourse_json_kind(&json), BOURSE_JSON_STRING);
  CHECK_INT(bourse_json_null(&json), 0);
  CHECK(bourse_json_string(&json, &text, &escaped) && bourse_slice_is(text, "a\\n"));
  CHECK_INT(escaped, 1);
  CHECK(bourse_json_object_next(&json, &key) && bourse_slice_is(key, "n"));
  CHECK_INT(bourse_json_kind(&json), BOURSE_JSON_NUMBER);
  CHECK(bourse_json_number(&json, &text) && bourse_slice_is(text, "-1.50e3"));
  CHECK(bourse_json_object_next(&json, &key));
  CHECK_INT(bourse_json_kind(&json), BOURSE_JSON_TRUE);
  CHECK(bourse_json_bool(&json, &yes));
  CHECK_INT(yes, BOURSE_YES);
  CHECK(bourse_json_object_next(&json, &key));
  CHECK_INT(bourse_json_kind(&json), BOURSE_JSON_FALSE);
  CHECK(bourse_json_bool(&json, &yes));
  CHECK_INT(yes, BOURSE_NO);
  CHECK(bourse_json_object_next(&json, &key));
  CHECK_INT(bourse_json_kind(&json), BOURSE_JSON_NULL);
  CHECK_INT(bourse_json_null(&json), 1);
  CHECK(bourse_json_object_next(&json, &key) && bourse_json_array_begin(&json));
  CHECK(bourse_json_array_next(&json) && bourse_json_skip(&json) && bourse_json_array_next(&json) &&
        bourse_json_skip(&json));
  CHECK_INT(bourse_json_array_next(&json), 0);
  CHECK(bourse_json_object_next(&json, &key) && bourse_slice_is(key, "o") && bourse_json_object_begin(&json));
  CHECK_INT(bourse_json_object_next(&json, &key), 0);
  CHECK(bourse_json_object_next(&json, &key) && bourse_json_raw(&json, &text) && bourse_slice_is(text, "[ 1 , {} ]"));
  CHECK_INT(bourse_json_object_next(&json, &key), 0);
  CHECK_INT(bourse_json_finish(&json), BOURSE_OK);
}

TEST(the_first_error_sticks) {
  bourse_json json;
  bourse_slice text;
  int32_t flag;
  const char *doc = "{\"a\": 1, \"b\": 2}";
  bourse_json_init(&json, doc, strlen(doc));
  CHECK(bourse_json_object_begin(&json) && bourse_json_object_next(&json, &text));
  CHECK_INT(bourse_json_string(&json, &text, &flag), 0);
  CHECK_STR(json.error, "expected a string");
  CHECK_INT(json.error_offset, 6);
  CHECK_INT(bourse_json_number(&json, &text), 0);
  CHECK_INT(bourse_json_object_next(&json, &text), 0);
  CHECK_INT(bourse_json_array_next(&json), 0);
  CHECK_INT(bourse_json_object_begin(&json), 0);
  CHECK_INT(bourse_json_array_begin(&json), 0);
  CHECK_INT(bourse_json_bool(&json, &flag), 0);
  CHECK_INT(bourse_json_null(&json), 0);
  CHECK_INT(bourse_json_skip(&json), 0);
  CHECK_INT(bourse_json_kind(&json), BOURSE_JSON_ERROR);
  CHECK_INT(bourse_json_fail(&json, "another"), 0);
  CHECK_STR(json.error, "expected a string");
  CHECK_INT(bourse_json_finish(&json), BOURSE_ERROR_BAD_REPLY);
}

TEST(kinds_are_checked) {
  static const struct {
    const char *doc, *error;
  } cases[] = {{"[]", "expected an object"},
               {"{}", "expected an array"},
               {"1", "expected a string"},
               {"\"1\"", "expected a number"},
               {"1", "expected true or false"}};
  for (int i = 0; i < 5; i++) {
    bourse_json json;
    bourse_slice text;
    int32_t flag;
    bourse_json_init(&json, cases[i].doc, strlen(cases[i].doc));
    int32_t got = i == 0   ? bourse_json_object_begin(&json)
                  : i == 1 ? bourse_json_array_begin(&json)
                  : i == 2 ? bourse_json_string(&json, &text, &flag)
                  : i == 3 ? bourse_json_number(&json, &text)
                           : bourse_json_bool(&json, &flag);
    CHECK_INT(got, 0);
    CHECK_STR(json.error, cases[i].error);
  }
}

TEST(a_caller_may_refuse) {
  bourse_json json;
  bourse_json_init(&json, "[1,2]", 5);
  CHECK(bourse_json_array_begin(&json) && bourse_json_array_next(&json));
  CHECK_INT(bourse_json_fail(&json, "not this one"), 0);
  CHECK_INT(bourse_json_array_next(&json), 0);
  CHECK_STR(json.error, "not this one");
  CHECK_INT(json.error_offset, 1);
}

TEST(an_element_not_consumed_is_an_error) {
  bourse_json json;
  bourse_json_init(&json, "[1,2]", 5);
  CHECK(bourse_json_array_begin(&json) && bourse_json_array_next(&json));
  CHECK_INT(bourse_json_array_next(&json), 0);
  CHECK_STR(json.error, "expected ',' or ']'");
}

TEST(a_document_read_in_part_is_not_finished) {
  bourse_json json;
  bourse_json_init(&json, "[1,2]", 5);
  CHECK(bourse_json_array_begin(&json) && bourse_json_array_next(&json) && bourse_json_skip(&json));
  CHECK_INT(bourse_json_finish(&json), BOURSE_ERROR_BAD_REPLY);
  bourse_json_init(&json, "[1,2]", 5);
  CHECK_INT(bourse_json_finish(&json), BOURSE_ERROR_BAD_REPLY);
  bourse_json_init(&json, NULL, 0);
  CHECK_INT(bourse_json_kind(&json), BOURSE_JSON_ERROR);
  CHECK_INT(bourse_json_finish(&json), BOURSE_ERROR_BAD_REPLY);
}

TEST(unescape) {
  static const struct {
    const char *given, *plain;
    size_t length;
  } cases[] = {{"plain", "plain", 5},
               {"", "", 0},
               {"\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t", 8},
               {"\\u0041\\u00e9\\u20ac\\uD83D\\uDE00", "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 10},
               {"x\\u0000y", "x\0y", 3},
               {"\\uffff\\u0800\\u07ff\\u007f\\u0080", "\xEF\xBF\xBF\xE0\xA0\x80\xDF\xBF\x7F\xC2\x80", 11},
               {"\\ud800\\udc00\\udbff\\udfff", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", 8}};
  char out[64];
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    bourse_slice text = {cases[i].given, strlen(cases[i].given)};
    CHECK_INT(bourse_json_unescape(out, text), cases[i].length);
    CHECK(memcmp(out, cases[i].plain, cases[i].length) == 0);
  }
  static const char *const bad[] = {"\\", "a\\x", "\\u12", "\\ud800", "\\udc00x", "\\ud800\\u0041"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    bourse_slice text = {bad[i], strlen(bad[i])};
    CHECK_INT(bourse_json_unescape(out, text), -1);
  }
}

TEST(slices) {
  bourse_slice text = {"abcdef", 3}, empty = {NULL, 0};
  CHECK_INT(bourse_slice_is(text, "abc"), 1);
  CHECK_INT(bourse_slice_is(text, "abd"), 0);
  CHECK_INT(bourse_slice_is(text, "ab"), 0);
  CHECK_INT(bourse_slice_is(text, "abcd"), 0);
  CHECK_INT(bourse_slice_is(empty, ""), 1);
  CHECK_INT(bourse_slice_is(empty, "a"), 0);
}

TEST_MAIN()
