/* conformance.c - `conformance DIR [--only PART] [--table]`: what every adapter must pass. DIR holds a folder per exchange (its
 * README describes the cases). Each claimed operation needs passing cases; --table prints the table of capabilities from them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/fixture.h"
#include "conformance/streams.h"
#include "support/members.h"

/* Where an operation may hold: a product, or spot on one kind of margin. */
typedef struct place {
  const char *name;
  const char *letter; /* in the table */
  int32_t product;
  int32_t margin_mode;
} place;

static const place places[] = {
    {"spot", "S", BOURSE_PRODUCT_SPOT, 0},
    {"cross", "C", BOURSE_PRODUCT_SPOT, BOURSE_MARGIN_CROSS},
    {"isolated", "I", BOURSE_PRODUCT_SPOT, BOURSE_MARGIN_ISOLATED},
    {"linear", "L", BOURSE_PRODUCT_LINEAR, 0},
    {"inverse", "V", BOURSE_PRODUCT_INVERSE, 0},
    {"option", "O", BOURSE_PRODUCT_OPTION, 0},
};

#define PLACES     (sizeof places / sizeof places[0])
#define OPERATIONS 256

typedef struct coverage {
  uint8_t requests[OPERATIONS][PLACES]; /* passing cases */
  uint8_t replies[OPERATIONS][PLACES];
  uint8_t refused[OPERATIONS][PLACES];
  const fixture_case *shown[OPERATIONS][PLACES]; /* one of them over HTTP; NULL: there is none */
  int32_t errors[1024];
  uint32_t error_count;
} coverage;

/* --- Which place a case is for --- */

static int32_t product_of_symbol(const char *symbol) {
  const char *slash = strchr(symbol, '/'), *settle = strchr(symbol, ':');
  if (slash == NULL) return 0;
  if (settle == NULL) return BOURSE_PRODUCT_SPOT;
  if (strstr(settle, "-C") != NULL || strstr(settle, "-P") != NULL) return BOURSE_PRODUCT_OPTION;
  size_t base = (size_t)(slash - symbol), length = strcspn(settle + 1, "-");
  return length == base && strncmp(symbol, settle + 1, base) == 0 ? BOURSE_PRODUCT_INVERSE : BOURSE_PRODUCT_LINEAR;
}

static const json *first_of(const json *args, const char *list) {
  const json *found = json_get(args, list);
  return found == NULL ? NULL : found->first;
}

static int32_t named(const json *from, const char *member) {
  const bourse_member_info *info = find_member(bourse_schema_request(), member);
  return bourse_enum_value_of(info->enumeration, json_text_of(from, member));
}

static size_t place_of(const fixture_case *one) {
  const json *args = json_get(one->value, "args"), *options = json_get(one->value, "options");
  const json *order = first_of(args, "orders"), *listed = first_of(args, "symbols");
  const char *symbol = json_text_of(args, "symbol"), *wallet = json_text_of(args, "wallet");
  if (symbol == NULL) symbol = json_text_of(order, "symbol");
  if (symbol == NULL) symbol = json_text(listed);
  int32_t product = symbol == NULL ? 0 : product_of_symbol(symbol), margin = named(args, "margin_mode");
  if (product == 0) product = named(args, "product");
  if (product == 0) product = named(order, "product");
  for (size_t i = 0; i < PLACES; i++)
    if (wallet != NULL && strcmp(places[i].name, wallet) == 0) return i;
  if (product == 0) product = named(options, "product");
  if (product == 0) product = BOURSE_PRODUCT_SPOT;
  if (margin == 0) margin = named(order, "margin_mode");
  if (margin == 0) margin = named(options, "margin_mode");
  for (size_t i = 0; i < PLACES; i++)
    if (places[i].product == product && places[i].margin_mode == (product == BOURSE_PRODUCT_SPOT ? margin : 0))
      return i;
  return 0;
}

/* --- Running --- */

static int32_t error_by_name(const char *name) {
  for (uint32_t i = 0; bourse_error_code_at(i) != BOURSE_OK; i++)
    if (strcmp(bourse_error_name(bourse_error_code_at(i)), name) == 0) return bourse_error_code_at(i);
  return BOURSE_OK;
}

/* `streams`: a case of streams.h. */
static void note_coverage(coverage *c, const fixture_case *one, int streams) {
  const char *error = json_text_of(json_get(one->value, "error"), "code");
  if (streams ? stream_shows_request(one) : case_has_request(one)) {
    size_t at = place_of(one);
    c->requests[one->operation][at] = 1;
    if (!streams && c->shown[one->operation][at] == NULL) c->shown[one->operation][at] = one;
  }
  if (json_get(one->value, "expect") != NULL && (streams ? stream_shows_reply(one) : case_has_reply(one)))
    c->replies[one->operation][place_of(one)] = 1;
  if (error != NULL && c->error_count < sizeof c->errors / sizeof c->errors[0])
    c->errors[c->error_count++] = error_by_name(error);
}

static void run_cases(fixture_set *set, int streams, coverage *c, const char *only, tally *t) {
  for (fixture_case *one = streams ? set->streams : set->cases; one != NULL; one = one->next) {
    pool p = {NULL};
    if (only != NULL && strstr(one->label, only) == NULL) continue;
    const char *wrong = streams ? stream_check(&p, set, one) : fixture_check(&p, set, one);
    if (wrong == NULL) {
      note_coverage(c, one, streams);
      t->passed++;
    } else {
      printf("FAILED %s/%s: %s\n", set->exchange, one->label, wrong);
      t->failed++;
    }
    pool_free(&p);
  }
}

/* --- What is claimed --- */

static int32_t claims(bourse_exchange *handle, int32_t operation, size_t at) {
  return bourse_supports(handle, operation, places[at].product, places[at].margin_mode);
}

/* Whatever is claimed can be refused, and says so: each passing request again, with the exchange's refusal for an answer. */
static void check_refusals(const fixture_set *set, coverage *c, tally *t) {
  for (uint32_t i = 0; bourse_schema_operation_at(i) != NULL; i++) {
    int32_t operation = bourse_schema_operation_at(i)->operation;
    if (operation == BOURSE_OP_CALL_RAW) continue; /* brings whatever comes */
    for (size_t at = 0; at < PLACES; at++) {
      pool p = {NULL};
      const fixture_case *one = c->shown[operation][at];
      const char *wrong = one == NULL ? NULL : fixture_refuse(&p, set, one);
      if (wrong != NULL) printf("FAILED %s/%s, refused: %s\n", set->exchange, one->label, wrong);
      c->refused[operation][at] = wrong == NULL;
      t->passed += one != NULL && wrong == NULL;
      t->failed += wrong != NULL;
      pool_free(&p);
    }
  }
}

static void check_claims(const fixture_set *set, bourse_exchange *handle, const coverage *c, tally *t) {
  for (uint32_t i = 0; bourse_schema_operation_at(i) != NULL; i++) {
    const bourse_operation_info *info = bourse_schema_operation_at(i);
    if (info->operation == BOURSE_OP_CALL_RAW) continue;
    if ((info->flags & BOURSE_OPERATION_COMPOSED) != 0) continue; /* of others, which have their cases */
    for (size_t at = 0; at < PLACES; at++) {
      if (claims(handle, info->operation, at) == 0) continue;
      const char *missing = !c->requests[info->operation][at]  ? "request"
                            : !c->replies[info->operation][at] ? "reply"
                                                               : NULL;
      if (missing != NULL)
        printf("FAILED %s: %s is claimed for %s, and no passing case shows its %s\n", set->exchange, info->name,
               places[at].name, missing);
      t->passed += missing == NULL;
      t->failed += missing != NULL;
    }
  }
}

static void check_errors(const fixture_set *set, const coverage *c, tally *t) {
  const json *without = json_get(set->setup, "no_cases");
  for (uint32_t i = 0; bourse_error_code_at(i) != BOURSE_OK; i++) {
    int32_t code = bourse_error_code_at(i);
    const char *name = bourse_error_name(code);
    int seen = 0;
    if (code > BOURSE_ERROR_REFUSED || code <= BOURSE_ERROR_INTERNAL) continue;
    for (uint32_t k = 0; k < c->error_count; k++) seen |= c->errors[k] == code;
    if (seen) {
      t->passed++;
    } else if (json_text_of(without, name) != NULL) {
      printf("no case %s: %s: %s\n", set->exchange, name, json_text_of(without, name));
      t->skipped++;
    } else {
      printf("FAILED %s: no passing case shows the error %s\n", set->exchange, name);
      t->failed++;
    }
  }
}

/* --- The table --- One row an operation, one column an exchange: a letter for each place. */

#define EXCHANGES_MAX 16

typedef struct column {
  const char *name;
  char cells[OPERATIONS][48];
} column;

static column columns[EXCHANGES_MAX];
static size_t column_count;

/* "S C (L V)": native, and in brackets emulated. */
static void write_cell(char out[48], bourse_exchange *handle, const coverage *c, int32_t operation) {
  char emulated[24] = "";
  for (size_t at = 0; at < PLACES; at++) {
    int32_t claimed = claims(handle, operation, at);
    if (claimed == 0 || !c->requests[operation][at] || !c->replies[operation][at] || !c->refused[operation][at])
      continue;
    char *list = claimed == BOURSE_NATIVE ? out : emulated;
    size_t used = strlen(list);
    snprintf(list + used, 24 - used, "%s%s", used > 0 ? " " : "", places[at].letter);
  }
  size_t used = strlen(out);
  if (emulated[0] != '\0') snprintf(out + used, 48 - used, "%s(%s)", used > 0 ? " " : "", emulated);
}

static void add_column(bourse_exchange *handle, const coverage *c) {
  if (column_count == EXCHANGES_MAX) exit(2);
  column *made = &columns[column_count++];
  made->name = bourse_exchange_name(handle);
  for (uint32_t i = 0; bourse_schema_operation_at(i) != NULL; i++) {
    int32_t operation = bourse_schema_operation_at(i)->operation;
    write_cell(made->cells[operation], handle, c, operation);
  }
}

static void print_table(void) {
  printf("\n| operation |");
  for (size_t k = 0; k < column_count; k++) printf(" %s |", columns[k].name);
  printf("\n| --- |");
  for (size_t k = 0; k < column_count; k++) printf(" --- |");
  printf("\n");
  for (uint32_t i = 0; bourse_schema_operation_at(i) != NULL; i++) {
    const bourse_operation_info *info = bourse_schema_operation_at(i);
    int any = 0;
    for (size_t k = 0; k < column_count; k++) any |= columns[k].cells[info->operation][0] != '\0';
    if (!any) continue;
    printf("| `%s` |", info->name);
    for (size_t k = 0; k < column_count; k++) printf(" %s |", columns[k].cells[info->operation]);
    printf("\n");
  }
  printf("\n");
}

static void check_exchange(const char *folder, const char *name, const char *only, int table, tally *t) {
  fixture_set set;
  fixture_run run = {.change_options = NULL};
  coverage *c = calloc(1, sizeof *c);
  pool p = {NULL};
  if (c == NULL) exit(2);
  if (fixture_load(&set, join_path(&p, folder, name), name)) {
    run_cases(&set, 0, c, only, t);
    run_cases(&set, 1, c, only, t);
    if (only == NULL && set.cases != NULL) {
      fixture_open(&run, &set, set.cases);
      check_refusals(&set, c, t);
      check_claims(&set, run.handle, c, t);
      check_errors(&set, c, t);
      if (table) add_column(run.handle, c);
      fixture_close(&run);
    }
  } else {
    t->failed++;
  }
  fixture_free(&set);
  pool_free(&p);
  free(c);
}

/* Local exchanges have no requests and replies to show; their own tests cover them. */
static int is_local(bourse_context *context, const char *name) {
  bourse_exchange *handle;
  if (bourse_open(&handle, context, name, NULL) != BOURSE_OK) return 0;
  int local = bourse_supports(handle, BOURSE_OP_CALL_RAW, 0, 0) == 0;
  bourse_close(handle);
  return local;
}

int main(int argc, char **argv) {
  tally t = {0, 0, 0};
  const char *folder = NULL, *only = NULL;
  int table = 0;
  bourse_context *context;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
      only = argv[++i];
    else if (strcmp(argv[i], "--table") == 0)
      table = 1;
    else
      folder = argv[i];
  }
  if (folder == NULL || bourse_context_new(&context, NULL) != BOURSE_OK) {
    fprintf(stderr, "usage: conformance DIR [--only PART] [--table]\n");
    return 2;
  }
  for (uint32_t i = 0; bourse_exchange_at(context, i) != NULL; i++) {
    const char *name = bourse_exchange_at(context, i);
    if (!is_local(context, name)) check_exchange(folder, name, only, table, &t);
  }
  if (table) print_table();
  bourse_context_free(context);
  return tally_finish(&t, "conformance");
}
