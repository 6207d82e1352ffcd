#include <bourse/error.h>

#include "test.h"

TEST(every_code_has_a_name_of_its_own_and_a_sentence) {
  uint32_t count = 0;
  while (bourse_error_code_at(count) != BOURSE_OK) count++;
  CHECK(count > 50);
  CHECK_INT(bourse_error_code_at(count + 1000), BOURSE_OK);
  for (uint32_t i = 0; i < count; i++) {
    int32_t code = bourse_error_code_at(i);
    const char *name = bourse_error_name(code), *text = bourse_error_text(code);
    CHECK(code < 0 && code > -700);
    CHECK(strspn(name, "abcdefghijklmnopqrstuvwxyz_") == strlen(name) && name[0] != '\0');
    CHECK(strlen(text) > 5 && text[strlen(text) - 1] == '.');
    for (uint32_t j = 0; j < i; j++) {
      CHECK(bourse_error_code_at(j) != code);
      CHECK(strcmp(bourse_error_name(bourse_error_code_at(j)), name) != 0);
      CHECK(strcmp(bourse_error_text(bourse_error_code_at(j)), text) != 0);
    }
  }
}

TEST(names_are_those_of_the_constants) {
  CHECK_STR(bourse_error_name(BOURSE_ERROR_INSUFFICIENT_FUNDS), "insufficient_funds");
  CHECK_STR(bourse_error_name(BOURSE_ERROR_ARGUMENT), "argument");
  CHECK_STR(bourse_error_name(BOURSE_ERROR_FATE_UNKNOWN), "fate_unknown");
  CHECK_STR(bourse_error_name(BOURSE_OK), "ok");
  CHECK_STR(bourse_error_name(12345), "unknown_error");
  CHECK_STR(bourse_error_text(-1), "There is no such error code.");
}

TEST(outcomes) {
  CHECK_STR(bourse_outcome_name(BOURSE_OUTCOME_NONE), "none");
  CHECK_STR(bourse_outcome_name(BOURSE_OUTCOME_NOT_SENT), "not_sent");
  CHECK_STR(bourse_outcome_name(BOURSE_OUTCOME_REJECTED), "rejected");
  CHECK_STR(bourse_outcome_name(BOURSE_OUTCOME_EXECUTED), "executed");
  CHECK_STR(bourse_outcome_name(BOURSE_OUTCOME_UNKNOWN), "unknown");
}

/* The header is read too, so that a code added there and forgotten in the table is found. Run from the project's root.
 */
TEST(the_table_holds_every_code_of_the_header) {
  FILE *file = fopen("include/bourse/error.h", "r");
  char line[256];
  int found = 0;
  if (file == NULL) return;
  while (fgets(line, sizeof line, file) != NULL) {
    char name[64];
    int code;
    if (sscanf(line, " BOURSE_ERROR_%63[A-Z_] = %d", name, &code) != 2) continue;
    found++;
    for (char *p = name; *p != '\0'; p++)
      if (*p != '_') *p = (char)(*p - 'A' + 'a');
    CHECK_STR(bourse_error_name(code), name);
  }
  fclose(file);
  CHECK(found > 50);
  CHECK_INT(bourse_error_code_at((uint32_t)found), BOURSE_OK);
  CHECK(bourse_error_code_at((uint32_t)found - 1) != BOURSE_OK);
}

TEST_MAIN()
