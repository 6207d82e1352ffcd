/* Levels of books: rows, and objects read by a table. */
#include "decode_document.h"

static int32_t decode_levels(const char *text, size_t around, bourse_level **levels, uint32_t *count) {
  begin_document(text, strlen(text), around);
  if (bourse_decode_levels(&decoder, levels, count) != BOURSE_OK) return decoder.error;
  return bourse_decode_finish(&decoder);
}

TEST(levels) {
  static const char *const forms[] = {"[[\"1.50\",\"20\"],[\"1.49\",\"0.10000000\"]]", "[[1.50,20],[1.49,0.10000000]]",
                                      "[[\"1.50\",\"20\",\"0\",\"3\"],[\"1.49\",\"0.10000000\",{\"a\":[]}]]",
                                      " [ [ \"1.50\" , \"20\" ] , [ 1.49, \"0.10000000\" , 1 ] ] "};
  bourse_level *found;
  uint32_t count;
  for (size_t f = 0; f < 4; f++)
    for (size_t i = 0; i < AROUNDS; i++) {
      CHECK_INT(decode_levels(forms[f], arounds[i], &found, &count), BOURSE_OK);
      CHECK_INT(count, 2);
      if (count != 2) continue;
      CHECK_STR(text_of(&found[0].price), "1.50");
      CHECK_STR(text_of(&found[0].amount), "20");
      CHECK_STR(text_of(&found[1].price), "1.49");
      CHECK_STR(text_of(&found[1].amount), "0.10000000");
    }
  CHECK_INT(decode_levels("[]", 0, &found, &count), BOURSE_OK);
  CHECK(found == NULL && count == 0);
  CHECK_INT(decode_levels(" [ ] ", 64, &found, &count), BOURSE_OK);
  CHECK(found == NULL && count == 0);
  end_document();
}

TEST(levels_that_are_none) {
  static const char *const bad[][2] = {{"[[\"1\"]]", "amount: required, but missing"},
                                       {"[[]]", "price: required, but missing"},
                                       {"[[\"\",\"1\"]]", "price: required, but empty"},
                                       {"[[\"1\",null]]", "amount: required, but null"},
                                       {"[[\"x\",\"1\"]]", "price: not a number: x"},
                                       {"[[\"1\",\"1.1.1\"]]", "amount: not a number: 1.1.1"},
                                       {"[[\"1\",\"2\"", NULL},
                                       {"[[\"1\",\"2\"]", NULL},
                                       {"[[\"1\",\"2\"],]", NULL},
                                       {"[[\"1\",\"2\",]]", NULL},
                                       {"[[\"1\",\"2\"},", NULL},
                                       {"{}", NULL},
                                       {"[{}]", NULL},
                                       {"[1]", NULL},
                                       {"[[\"1\" \"2\"]]", NULL},
                                       {"[[\"1\",\"2\"][\"1\",\"2\"]]", NULL},
                                       {"[", NULL},
                                       {"[[", NULL},
                                       {"[[\"1\",", NULL},
                                       {"", NULL},
                                       {"[[\"1\",\"2\",\"\xFF\"]]", NULL},
                                       {"[[\"-\",\"1\"]]", "price: not a number: -"},
                                       {"[[01,1]]", NULL},
                                       {"[[\"1.5x,\"2\"]]", NULL},
                                       {"[[\"1.5\",\"2x]]", NULL}};
  bourse_level *found;
  uint32_t count;
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    for (size_t j = 0; j < AROUNDS; j++) {
      if (decode_levels(bad[i][0], arounds[j], &found, &count) != BOURSE_ERROR_BAD_REPLY)
        TEST_FAIL("accepted: %s", bad[i][0]);
      if (bad[i][1] != NULL) CHECK_STR(decoder.error_text, bad[i][1]);
      CHECK(count == 0 && found == NULL);
    }
  end_document();
}

static const bourse_field level_fields[] = {
    BOURSE_FIELD_MUST("price", DECIMAL, bourse_level, price),
    BOURSE_FIELD_MUST("qty", DECIMAL, bourse_level, amount),
};
static const bourse_table level_table = BOURSE_TABLE(level_fields);

static int32_t decode_level_objects(const char *text, size_t around, bourse_level **levels, uint32_t *count) {
  begin_document(text, strlen(text), around);
  if (bourse_decode_level_objects(&decoder, &level_table, levels, count) != BOURSE_OK) return decoder.error;
  return bourse_decode_finish(&decoder);
}

TEST(levels_that_are_objects) {
  static const char *const forms[] = {
      "[{\"price\":1.50,\"qty\":20},{\"price\":5.1e-05,\"qty\":0.10000000}]",
      "[{\"qty\":\"20\",\"price\":\"1.50\"},{\"x\":[{}],\"price\":5.1e-05,\"qty\":0.10000000,\"y\":null}]",
      " [ { \"price\" : 1.50 , \"qty\" : 20 } , {\"price\":5.1e-05, \"qty\":0.10000000 } ] "};
  bourse_level *found;
  uint32_t count;
  for (size_t f = 0; f < 3; f++)
    for (size_t i = 0; i < AROUNDS; i++) {
      CHECK_INT(decode_level_objects(forms[f], arounds[i], &found, &count), BOURSE_OK);
      CHECK_INT(count, 2);
      if (count != 2) continue;
      CHECK_STR(text_of(&found[0].price), "1.50");
      CHECK_STR(text_of(&found[0].amount), "20");
      CHECK_STR(text_of(&found[1].price), "0.000051");
      CHECK_STR(text_of(&found[1].amount), "0.10000000");
    }
  CHECK_INT(decode_level_objects(" [ ] ", 0, &found, &count), BOURSE_OK);
  CHECK(found == NULL && count == 0);
  static const char *const bad[][2] = {{"[{\"price\":1}]", "qty: required, but missing"},
                                       {"[{\"price\":1,\"qty\":null}]", "qty: required, but null"},
                                       {"[{\"price\":\"x\",\"qty\":1}]", "price: not a number: x"},
                                       {"[{\"price\":1,\"price\":1,\"qty\":1}]", "price: comes twice"},
                                       {"[[1,2]]", NULL},
                                       {"[1]", NULL},
                                       {"[{\"price\":1,\"qty\":1}", NULL},
                                       {"[{\"price\":1,\"qty\":1},]", NULL},
                                       {"[{\"price\":1,\"qty\":1}{\"price\":1,\"qty\":1}]", NULL},
                                       {"[{", NULL},
                                       {"{}", NULL}};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    for (size_t j = 0; j < AROUNDS; j++) {
      if (decode_level_objects(bad[i][0], arounds[j], &found, &count) != BOURSE_ERROR_BAD_REPLY)
        TEST_FAIL("accepted: %s", bad[i][0]);
      if (bad[i][1] != NULL) CHECK_STR(decoder.error_text, bad[i][1]);
      CHECK(count == 0 && found == NULL);
    }
  end_document();
}

/* What stands behind price and amount is passed over, and must be JSON. */
TEST(levels_with_more_than_two_numbers) {
  static const char *const good[] = {
      "\"0\",\"13\"",
      "\"123456789012345\"",
      "\"1234567890123456\"",
      "\"12345678901234567\"",
      "\"\"",
      "\"1.5\"",
      "\"-1\"",
      "7",
      "\"1\",7,\"2\"",
      "null",
      "\"\\u0031\"",
      "[\"1\"]",
      "\"1\" , \"2\"",
      "\"0\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\",\"12\",\"13\""};
  static const char *const bad[] = {"\"1", "\"1\"\"2\"", "\"1\",", "1\"", "\"1\\\"", "\"1]", "01", "\"1\",\"2\"}"};
  static const char *const forms[] = {"[[\"1.50\",\"20\",%s]]", "[[\"1.50\",\"20\",%s],[\"1.50\",\"20\",%s]]",
                                      "[[\"1.50\",\"20\",%s],[\"1.50\",\"20\"]]",
                                      "[[\"1.50\",\"20\"],[\"1.50\",\"20\",%s]]"};
  bourse_level *found;
  uint32_t count;
  char text[400];
  for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++)
    for (size_t j = 0; j < AROUNDS; j++) {
      for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        snprintf(text, sizeof text, forms[f], good[i], good[i]);
        CHECK_INT(decode_levels(text, arounds[j], &found, &count), BOURSE_OK);
        CHECK_INT(count, f == 0 ? 1 : 2);
        for (uint32_t k = 0; k < count; k++) {
          CHECK_STR(text_of(&found[k].price), "1.50");
          CHECK_STR(text_of(&found[k].amount), "20");
        }
      }
      for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, forms[f], bad[i], bad[i]);
        if (decode_levels(text, arounds[j], &found, &count) != BOURSE_ERROR_BAD_REPLY) TEST_FAIL("accepted: %s", text);
      }
    }
  /* Cut off anywhere. */
  static const char whole[] =
      "[[\"1.50\",\"20\",\"0\",\"13\"],[\"1.49\",\"2.5\",\"123456789012345\"],[\"1.48\",\"1\",\"7\"]]";
  for (size_t length = 0; length < sizeof whole - 1; length++)
    for (size_t j = 0; j < AROUNDS; j++) {
      snprintf(text, sizeof text, "%.*s", (int)length, whole);
      CHECK_INT(decode_levels(text, arounds[j], &found, &count), BOURSE_ERROR_BAD_REPLY);
    }
  end_document();
}

TEST(many_levels_of_many_widths) {
  enum { COUNT = 3000 };
  char *text = malloc(COUNT * 48);
  size_t n = 0;
  if (text == NULL) return;
  text[n++] = '[';
  for (int i = 0; i < COUNT; i++)
    n += (size_t)sprintf(text + n, "%s[\"%d.%0*d\",\"%s%d\"]", i == 0 ? "" : ",", i, 1 + i % 12, i % 10,
                         i % 7 == 0 ? "-" : "", i * 1000);
  text[n++] = ']';
  begin_document(text, n, 0);
  bourse_level *found;
  uint32_t count;
  CHECK(bourse_arena_copy(arena, "x", 1) != NULL);
  CHECK_INT(bourse_decode_levels(&decoder, &found, &count), BOURSE_OK);
  CHECK_INT(bourse_decode_finish(&decoder), BOURSE_OK);
  CHECK_INT(count, COUNT);
  const char *after = bourse_arena_copy(arena, "after", 5);
  for (int i = 0; i < (int)count; i++) {
    char expected[40];
    snprintf(expected, sizeof expected, "%d.%0*d", i, 1 + i % 12, i % 10);
    CHECK_STR(text_of(&found[i].price), expected);
    snprintf(expected, sizeof expected, "%s%d", i % 7 == 0 && i != 0 ? "-" : "", i * 1000);
    CHECK_STR(text_of(&found[i].amount), expected);
  }
  CHECK_STR(after, "after");
  for (size_t length = n - 1; length > n - 200; length--) {
    begin_document(text, length, 0);
    CHECK_INT(bourse_decode_levels(&decoder, &found, &count), BOURSE_ERROR_BAD_REPLY);
  }
  free(text);
  end_document();
}

TEST_MAIN()
