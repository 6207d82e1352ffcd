/* test_flat.c - the short way reads what the tables read, or nothing at all. */
#include <bourse/error.h>
#include <bourse/market.h>
#include <bourse/sys/decode.h>

#include "core/arena.h"
#include "test.h"

typedef struct wire {
  bourse_slice symbol;
  const char *id;
  bourse_decimal price;
  bourse_decimal amount;
  int64_t time_ns;
  int64_t number;
  int64_t previous;
  int32_t flag;
  bourse_level_list bids;
  bourse_level_list asks;
  int64_t written_ns;
} wire;

static int32_t read_side(bourse_decoder *decoder, void *member) {
  bourse_level_list *side = member;
  return bourse_decode_levels(decoder, &side->levels, &side->count);
}

static const bourse_field fields[] = {
    BOURSE_FIELD_FULL("s", SLICE, wire, symbol, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("i", ID, wire, id),
    BOURSE_FIELD("p", DECIMAL, wire, price),
    BOURSE_FIELD("P", DECIMAL, wire, amount),
    BOURSE_FIELD("T", TIME_MS, wire, time_ns),
    BOURSE_FIELD("u", INT64, wire, number),
    BOURSE_FIELD("pu", INT64, wire, previous),
    BOURSE_FIELD("m", BOOL, wire, flag),
    BOURSE_FIELD_CUSTOM("b", wire, bids, read_side),
};
static const bourse_table table = BOURSE_TABLE(fields);

static const bourse_flat flat = {
    .required = BOURSE_LETTER_BIT('s'),
    .pair = {'p', 'u'},
    .of_pair = {BOURSE_AS_INT64, 0, offsetof(wire, previous)},
    .letters = {BOURSE_LETTER('s', SLICE, wire, symbol), BOURSE_LETTER('i', ID, wire, id),
                BOURSE_LETTER('p', DECIMAL, wire, price), BOURSE_LETTER('P', DECIMAL, wire, amount),
                BOURSE_LETTER('T', TIME_MS, wire, time_ns), BOURSE_LETTER('u', INT64, wire, number),
                BOURSE_LETTER('m', BOOL, wire, flag), BOURSE_LETTER('b', LEVELS, wire, bids)},
};

static int same_decimal(const bourse_decimal *a, const bourse_decimal *b) {
  return a->low == b->low && a->high == b->high && a->exponent == b->exponent && a->flags == b->flags;
}

static int same_text(const char *a, const char *b) { return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0; }

static int same_levels(const bourse_level_list *a, const bourse_level_list *b) {
  if (a->count != b->count) return 0;
  for (uint32_t i = 0; i < a->count; i++)
    if (!same_decimal(&a->levels[i].price, &b->levels[i].price) ||
        !same_decimal(&a->levels[i].amount, &b->levels[i].amount))
      return 0;
  return 1;
}

static int same(const wire *a, const wire *b) {
  return a->symbol.data == b->symbol.data && a->symbol.length == b->symbol.length && same_text(a->id, b->id) &&
         same_decimal(&a->price, &b->price) && same_decimal(&a->amount, &b->amount) && a->time_ns == b->time_ns &&
         a->number == b->number && a->previous == b->previous && a->flag == b->flag &&
         same_levels(&a->bids, &b->bids) && same_levels(&a->asks, &b->asks) && a->written_ns == b->written_ns;
}

/* 1: the short way took it, and like the table. 0: it took nothing. -1: it took what the table refuses, or otherwise. */
static int compare(const char *bytes, size_t length, size_t before) {
  bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 0);
  bourse_decoder quick, slow;
  wire a, b;
  memset(&a, 0, sizeof a);
  memset(&b, 0, sizeof b);
  bourse_decode_init(&quick, arena, bytes, length, NULL);
  quick.json.cursor += before;
  bourse_decode_init(&slow, arena, bytes, length, NULL);
  slow.json.cursor += before;
  int taken = bourse_decode_flat(&quick, &flat, &a);
  int32_t code = bourse_decode_object(&slow, &table, &b);
  if (taken && (code != BOURSE_OK || !same(&a, &b) || quick.json.cursor != slow.json.cursor ||
                quick.json.depth != slow.json.depth))
    taken = -1;
  if (!taken && quick.error == BOURSE_OK && (quick.json.cursor != bytes + before || quick.json.depth != 0)) taken = -1;
  if (!taken && quick.error != BOURSE_OK && code == BOURSE_OK) taken = -1;
  bourse__arena_free(arena);
  return taken;
}

static int compare_text(const char *text) { return compare(text, strlen(text), 0); }

#define PAD "{\"stream\":\"abcdefgh\",\"data\":"

static const char *const usual[] = {
    "{\"s\":\"BTCUSDT\",\"i\":123456789,\"p\":\"61837.63000000\",\"P\":\"0.00\",\"T\":1723161255343,\"u\":50093239212,"
    "\"m\":true,\"M\":true,\"b\":[[\"1.5\",\"2\"],[\"1.4\",\"0\"]]}",
    "{\"b\":[],\"m\":false,\"u\":9007199254740993,\"T\":1723161255343,\"P\":\"12345678901234\",\"p\":\"0.1\",\"i\":1,"
    "\"s\":\"A\"}",
    "{\"e\":\"trade\",\"E\":1,\"s\":\"X\",\"pu\":17,\"st\":1,\"ps\":\"BTC\",\"q\":-5,\"z\":12.5}",
    "{\"s\":\"BTCUSDT\",\"p\":12.50,\"P\":-3}",
    "{\"s\":\"BTCUSDT\",\"p\":\"2036102085.69746400\",\"P\":\"-12345678901234567890\"}",
    "{\"s\":\"BTCUSDT\",\"p\":\"1.2e-7\",\"P\":\"0.1234567890123456789012345\"}",
};

TEST(the_usual_forms_are_taken) {
  for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
    char text[512];
    int length = snprintf(text, sizeof text, "%s%s}", PAD, usual[i]);
    CHECK_INT(compare(text, (size_t)length, strlen(PAD)), 1);
  }
}

TEST(other_forms_are_left_to_the_table) {
  static const char *const others[] = {
      "{ \"s\":\"BTCUSDT\"}",
      "{\"s\": \"BTCUSDT\"}",
      "{\"s\":\"BTC\\u0041\"}",
      "{\"s\":\"\345\270\201\"}",
      "{\"s\":null}",
      "{\"s\":\"A\",\"p\":\"\"}",
      "{\"s\":\"A\",\"s\":\"B\"}",
      "{\"p\":\"1\"}",
      "{\"s\":\"A\",\"abc\":1}",
      "{\"s\":\"A\",\"x\":{}}",
      "{\"s\":\"A\",\"m\":\"yes\"}",
      "{\"s\":\"A\",\"u\":1.5}",
      "{\"s\":\"A\",\"i\":\"7\"}",
      "{}",
      "[]",
      "",
  };
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    char text[512];
    int length = snprintf(text, sizeof text, "%s%s}", PAD, others[i]);
    CHECK_INT(compare(text, (size_t)length, strlen(PAD)), 0);
    CHECK_INT(compare_text(others[i]), 0);
  }
}

/* The bytes stand alone in memory of just their size, so that a reader which looks past them is caught. */
static int compare_alone(const char *bytes, size_t length, size_t before) {
  char *copy = malloc(length == 0 ? 1 : length);
  if (copy == NULL) return -1;
  memcpy(copy, bytes, length);
  int taken = compare(copy, length, before);
  free(copy);
  return taken;
}

TEST(cut_anywhere_nothing_is_made_up) {
  for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
    char text[512];
    size_t length = (size_t)snprintf(text, sizeof text, "%s%s}", PAD, usual[i]);
    for (size_t cut = strlen(PAD); cut <= length; cut++)
      if (compare_alone(text, cut, strlen(PAD)) < 0) TEST_FAIL("cut after %d bytes: %.*s", (int)cut, (int)cut, text);
  }
}

TEST(damaged_anywhere_it_agrees_with_the_table) {
  static const char bytes[] = "\"\\{}[]:,.-+eE0123456789 tfnpu\x01\x7f\xff";
  for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
    char text[512];
    size_t length = (size_t)snprintf(text, sizeof text, "%s%s}", PAD, usual[i]);
    for (size_t at = strlen(PAD); at < length; at++)
      for (size_t k = 0; k < sizeof bytes - 1; k++) {
        char kept = text[at];
        text[at] = bytes[k];
        if (compare_alone(text, length, strlen(PAD)) < 0) TEST_FAIL("byte %d: %.*s", (int)at, (int)length, text);
        text[at] = kept;
      }
  }
}

/* --- Forms --- */

static const bourse_field level_fields[] = {
    BOURSE_FIELD_MUST("price", DECIMAL, bourse_level, price),
    BOURSE_FIELD_MUST("qty", DECIMAL, bourse_level, amount),
};
static const bourse_table level_table = BOURSE_TABLE(level_fields);

static int32_t read_objects(bourse_decoder *decoder, void *member) {
  bourse_level_list *side = member;
  return bourse_decode_level_objects(decoder, &level_table, &side->levels, &side->count);
}

static const bourse_field form_fields[] = {
    BOURSE_FIELD_MUST("s", SLICE, wire, symbol),
    BOURSE_FIELD("i", ID, wire, id),
    BOURSE_FIELD("p", DECIMAL, wire, price),
    BOURSE_FIELD("P", DECIMAL, wire, amount),
    BOURSE_FIELD("T", TIME_MS, wire, time_ns),
    BOURSE_FIELD("u", INT64, wire, number),
    BOURSE_FIELD("m", BOOL, wire, flag),
    BOURSE_FIELD_CUSTOM("asks", wire, asks, read_objects),
    BOURSE_FIELD("time", TIME_ISO, wire, written_ns),
};
static const bourse_table form_table = BOURSE_TABLE(form_fields);

static const bourse_piece level_pieces[] = {
    BOURSE_PIECE("{\"price\":", DECIMAL, bourse_level, price),
    BOURSE_PIECE(",\"qty\":", DECIMAL, bourse_level, amount),
};
static const bourse_form level_form = BOURSE_FORM(level_pieces);
static const bourse_piece pieces[] = {
    BOURSE_PIECE("{\"event\":\"change\",\"s\":", SLICE, wire, symbol),
    BOURSE_PIECE(",\"i\":", ID, wire, id),
    BOURSE_PIECE(",\"u\":", INT64, wire, number),
    BOURSE_PIECE(",\"m\":", BOOL, wire, flag),
    BOURSE_PIECE(",\"a member of many letters\":", CHECK, wire, flag),
    BOURSE_PIECE(",\"p\":", DECIMAL, wire, price),
    BOURSE_PIECE(",\"P\":", DECIMAL, wire, amount),
    BOURSE_PIECE(",\"T\":", TIME_MS, wire, time_ns),
    BOURSE_PIECE_LEVELS(",\"asks\":", level_form, wire, asks),
    BOURSE_PIECE(",\"time\":", TIME_ISO, wire, written_ns),
};
static const bourse_form form = BOURSE_FORM_TO(pieces, ",\"end\":1}");

/* As `compare`, of the whole input; the bytes stand alone. */
static int compare_form(const char *bytes, size_t length) {
  char *copy = malloc(length == 0 ? 1 : length);
  bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 0);
  bourse_decoder quick, slow;
  wire a, b;
  if (copy == NULL || arena == NULL) exit(2);
  memcpy(copy, bytes, length);
  memset(&a, 0, sizeof a);
  memset(&b, 0, sizeof b);
  bourse_decode_init(&quick, arena, copy, length, NULL);
  bourse_decode_init(&slow, arena, copy, length, NULL);
  int taken = bourse_decode_form(&quick, &form, &a);
  int32_t code = bourse_decode_object(&slow, &form_table, &b);
  if (code == BOURSE_OK) code = bourse_decode_finish(&slow);
  if (taken && (code != BOURSE_OK || !same(&a, &b) || bourse_decode_finish(&quick) != BOURSE_OK)) taken = -1;
  if (!taken && (quick.error != BOURSE_OK || quick.json.error != NULL || quick.json.cursor != copy)) taken = -1;
  bourse__arena_free(arena);
  free(copy);
  return taken;
}

static const char formed[] =
    "{\"event\":\"change\",\"s\":\"BTCUSDT\",\"i\":123456789,\"u\":50093239212,\"m\":true,"
    "\"a member of many letters\":\"x\",\"p\":61837.630,\"P\":-0.0,\"T\":1723161255343,"
    "\"asks\":[{\"price\":29430.3,\"qty\":0.0},{\"price\":\"29441.2\",\"qty\":0.00172998}],"
    "\"time\":\"2023-07-30T15:30:15.139139Z\",\"end\":1}";

#define REST ",\"asks\":[],\"time\":\"2023-07-30T15:30:15Z\",\"end\":1"

TEST(forms_are_read_whole_or_not_at_all) {
  static const char *const ends[] = {
      "",
      "[]",
      "[],\"time\":\"2023-07-30T15:30:15Z\"}",
      "[],\"time\":\"2023-07-30T15:30:15Z\",\"end\":1} ",
      "[],\"time\":\"2023-07-30T15:30:15Z\",\"end\":1,\"x\":1}",
      "[],\"time\":\"2023-02-29T15:30:15Z\",\"end\":1}",
      "[],\"time\":\"2023-07-30T15:30:15.Z\",\"end\":1}",
      "[],\"time\":\"2023-07-30T15:30:15+01:00\",\"end\":1}",
      "[],\"time\":\"2023-07-30T15:30:15.1234567890Z\",\"end\":1}",
      "[],\"time\":null,\"end\":1}",
      "null,\"time\":\"2023-07-30T15:30:15Z\",\"end\":1}",
      "[{}],\"time\":\"2023-07-30T15:30:15Z\",\"end\":1}",
      "[{\"price\":1}],\"time\":\"2023-07-30T15:30:15Z\",\"end\":1}",
      "[{\"price\":1,\"qty\":1e5}],\"time\":\"2023-07-30T15:30:15Z\",\"end\":1}",
      "[{\"qty\":1,\"price\":1}],\"time\":\"2023-07-30T15:30:15Z\",\"end\":1}",
      "[{\"price\":1,\"qty\":1},],\"time\":\"2023-07-30T15:30:15Z\",\"end\":1}",
      "[{\"price\":1,\"qty\":1,\"x\":1}],\"time\":\"2023-07-30T15:30:15Z\",\"end\":1}",
  };
  static const char *const others[] = {
      "",
      "{}",
      "{\"event\":\"change\"}",
      " {\"event\":\"change\",\"s\":\"A\",\"i\":1,\"u\":1,\"m\":true,\"a member of many "
      "letters\":1,\"p\":1,\"P\":1,\"T\":1" REST "}",
      "{\"event\":\"change\",\"s\":\"A\",\"i\":1,\"u\":1,\"m\":true,\"a member of many "
      "letters\":1,\"p\":1,\"P\":1,\"T\":1" REST "} ",
      "{\"event\":\"change\",\"s\":\"A\",\"i\":1,\"u\":1,\"m\":true,\"a member of many "
      "letters\":1,\"p\":1,\"P\":1,\"T\":1" REST ",\"x\":1}",
      "{\"event\":\"change\",\"i\":1,\"s\":\"A\",\"u\":1,\"m\":true,\"a member of many "
      "letters\":1,\"p\":1,\"P\":1,\"T\":1" REST "}",
      "{\"event\":\"change\",\"s\":\"A\",\"i\":1,\"u\":1,\"m\":true,\"a member of many "
      "lettres\":1,\"p\":1,\"P\":1,\"T\":1" REST "}",
      "{\"event\":\"change\",\"s\":\"A\",\"i\":1,\"u\":-1,\"m\":true,\"a member of many "
      "letters\":1,\"p\":1,\"P\":1,\"T\":1" REST "}",
      "{\"event\":\"change\",\"s\":\"A\",\"i\":1,\"u\":1,\"m\":true,\"a member of many "
      "letters\":1,\"p\":1e5,\"P\":1,\"T\":1" REST "}",
      "{\"event\":\"change\",\"s\":\"A\",\"i\":1,\"u\":1,\"m\":true,\"a member of many "
      "letters\":1,\"p\":1,\"P\":null,\"T\":1" REST "}",
  };
  CHECK_INT(compare_form(formed, sizeof formed - 1), 1);
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    CHECK_INT(compare_form(others[i], strlen(others[i])), 0);
  const char *tail = strstr(formed, "[{");
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
    char text[2 * sizeof formed];
    int length = snprintf(text, sizeof text, "%.*s%s", (int)(tail - formed), formed, ends[i]);
    if (compare_form(text, (size_t)length) != 0) TEST_FAIL("taken: %s", text);
  }
  for (size_t cut = 0; cut + 1 < sizeof formed; cut++) CHECK_INT(compare_form(formed, cut), 0);
}

/* More levels than room is made for at first. */
TEST(forms_with_many_levels) {
  char text[4096];
  size_t length = (size_t)(strstr(formed, "[{") - formed);
  memcpy(text, formed, length);
  for (int i = 0; i < 50; i++)
    length += (size_t)snprintf(text + length, sizeof text - length, "%s{\"price\":%d.5,\"qty\":0.%03d}",
                               i == 0 ? "[" : ",", i + 100, i);
  snprintf(text + length, sizeof text - length, "],\"time\":\"2023-07-30T15:30:15Z\",\"end\":1}");
  CHECK_INT(compare_form(text, strlen(text)), 1);
}

TEST(forms_damaged_anywhere_agree_with_the_table) {
  static const char bytes[] = "\"\\{}[]:,.-+eE0123456789 tfnpuTZ\x01\x7f\xff";
  char text[sizeof formed];
  for (size_t at = 0; at + 1 < sizeof formed; at++)
    for (size_t k = 0; k < sizeof bytes - 1; k++) {
      memcpy(text, formed, sizeof formed);
      text[at] = bytes[k];
      if (compare_form(text, sizeof formed - 1) < 0) TEST_FAIL("byte %d: %s", (int)at, text);
    }
}

TEST_MAIN()
