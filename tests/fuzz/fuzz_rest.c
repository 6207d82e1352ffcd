/* fuzz_rest.c - replies to requests over HTTP, as exchanges would send them, through each operation's reading. The first line
 * says whose reply it is: `binance linear create_order 200 {"orders":[...]}`; the rest is the body.
 *
 * 1. Nothing is read outside of the body: it lies in memory of exactly its length.
 * 2. There is a result or an error that says what it is, and never both.
 * 3. Every pointer in a result holds, and everything is given back with it.
 * 4. Blanks between the tokens of JSON change nothing. */
#include "conformance/fixture.h"
#include "require.h"
#include "support/members.h"

static const struct {
  const char *exchange, *product, *case_text;
} places[] = {
    {"binance", "spot", "{\"options\": {\"product\": \"spot\"}}"},
    {"binance", "linear", "{\"options\": {\"product\": \"linear\"}}"},
    {"binance", "inverse", "{\"options\": {\"product\": \"inverse\"}}"},
    {"kraken", "spot", "{\"options\": {\"product\": \"spot\"}}"},
    {"kraken", "linear", "{\"options\": {\"product\": \"linear\"}}"},
    {"coinbase", "spot", "{\"options\": {\"product\": \"spot\"}}"},
    {"coinbase", "linear", "{\"options\": {\"product\": \"linear\"}}"},
    {"okx", "spot", "{\"options\": {\"product\": \"spot\"}}"},
    {"okx", "linear", "{\"options\": {\"product\": \"linear\"}}"},
    {"okx", "inverse", "{\"options\": {\"product\": \"inverse\"}}"},
    {"bybit", "spot", "{\"options\": {\"product\": \"spot\"}}"},
    {"bybit", "linear", "{\"options\": {\"product\": \"linear\"}}"},
    {"bybit", "inverse", "{\"options\": {\"product\": \"inverse\"}}"},
    {"kucoin", "spot", "{\"options\": {\"product\": \"spot\"}}"},
    {"kucoin", "linear", "{\"options\": {\"product\": \"linear\"}}"},
    {"kucoin", "inverse", "{\"options\": {\"product\": \"inverse\"}}"},
};
enum { PLACES = sizeof places / sizeof places[0] };

/* One handle for each place, with markets, in a world of its own; made once. */
typedef struct stage {
  fixture_set set;
  fixture_case one;
  fixture_run run;
  int made;
} stage;

static stage stages[PLACES];

static stage *stage_of(size_t index) {
  stage *made = &stages[index];
  if (made->made) return made;
  const char *text = places[index].case_text;
  char folder[64];
  (void)snprintf(folder, sizeof folder, "tests/fixtures/%s", places[index].exchange);
  REQUIRE(fixture_load(&made->set, folder, places[index].exchange)); /* run it from the top of the tree */
  made->one.value = json_parse(&made->set.memory, text, strlen(text), NULL);
  made->one.operation = BOURSE_OP_FETCH_TIME;
  fixture_open(&made->run, &made->set, &made->one);
  if (made->run.wrong != NULL) fprintf(stderr, "%s\n", made->run.wrong);
  REQUIRE(made->run.wrong == NULL);
  made->made = 1;
  return made;
}

/* What the first line says. */
typedef struct asked {
  stage *at;
  bourse_request request;
  int32_t status;
} asked;

static char *next_word(char **line) {
  char *word = *line, *end = strchr(word, ' ');
  if (end == NULL) return NULL;
  *end = '\0';
  *line = end + 1;
  return word;
}

/* 0: it cannot be used. */
static int read_line(pool *p, asked *out, char *line) {
  const char *exchange = next_word(&line), *product = exchange == NULL ? NULL : next_word(&line);
  const char *operation = product == NULL ? NULL : next_word(&line),
             *status = operation == NULL ? NULL : next_word(&line);
  if (status == NULL) return 0;
  out->at = NULL;
  for (size_t i = 0; i < PLACES; i++)
    if (strcmp(places[i].exchange, exchange) == 0 && strcmp(places[i].product, product) == 0) out->at = stage_of(i);
  const bourse_operation_info *info = bourse_schema_operation(bourse_operation_by_name(operation));
  if (out->at == NULL || info == NULL || (info->flags & BOURSE_OPERATION_STREAM) != 0) return 0;
  out->status = (int32_t)strtol(status, NULL, 10);
  json *args = json_parse(p, line, strlen(line), NULL);
  if (args == NULL || args->kind != JSON_OBJECT) return 0;
  return make_request(p, &out->request, info->operation, args) == NULL;
}

/* The body in memory of exactly its length, with a blank behind every brace, bracket and comma if wanted. */
static char *copy_body(size_t *written, const uint8_t *body, size_t length, int blanks) {
  char *copy = malloc(2 * length + 1);
  int quoted = 0;
  *written = 0;
  REQUIRE(copy != NULL);
  for (size_t i = 0; i < length; i++) {
    copy[(*written)++] = (char)body[i];
    if (body[i] == '\\' && quoted && i + 1 < length)
      copy[(*written)++] = (char)body[++i];
    else if (body[i] == '"')
      quoted = !quoted;
    else if (blanks && !quoted && body[i] != 0 && strchr("{[,", body[i]) != NULL)
      copy[(*written)++] = ' ';
  }
  char *exact = malloc(*written == 0 ? 1 : *written);
  REQUIRE(exact != NULL);
  memcpy(exact, copy, *written);
  free(copy);
  return exact;
}

/* What came of it, as text. */
static const char *decode(pool *p, const asked *a, const uint8_t *body, size_t length, int blanks) {
  fixture_run *run = &a->at->run;
  bourse_result *result = NULL;
  size_t written;
  char *exact = copy_body(&written, body, length, blanks);
  const char *text;
  /* The first time the handle may learn of a market's budget, which stays. */
  (void)bourse_decode(&result, run->handle, &a->request, a->status, NULL, 0, exact, written);
  bourse_result_free(result);
  long held = run->w.allocations;
  int32_t code = bourse_decode(&result, run->handle, &a->request, a->status, NULL, 0, exact, written);
  free(exact);
  REQUIRE((code == BOURSE_OK) == (result != NULL));
  if (result != NULL) {
    text = result_text(p, result);
    bourse_result_free(result);
    REQUIRE(run->w.allocations == held);
  } else {
    const bourse_error *error = bourse_context_error(run->context);
    REQUIRE(error->code == code && error->message[0] != '\0' && bourse_error_name(code) != NULL);
    text = pool_format(p, "%s, %s", bourse_error_name(code), bourse_outcome_name(error->outcome));
  }
  run->w.log.length = 0;
  run->w.wire.length = 0;
  return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const uint8_t *end = memchr(data, '\n', size);
  pool p = {NULL};
  asked a;
  if (end == NULL) return 0;
  size_t length = (size_t)(end - data);
  if (memchr(data, 0, length) == NULL && read_line(&p, &a, pool_copy(&p, (const char *)data, length))) {
    const char *plain = decode(&p, &a, end + 1, size - length - 1, 0);
    const char *spaced = a.request.operation == BOURSE_OP_CALL_RAW ? plain /* the bytes themselves are the result */
                                                                   : decode(&p, &a, end + 1, size - length - 1, 1);
    if (strcmp(plain, spaced) != 0) fprintf(stderr, "without blanks:\n%s\nwith blanks:\n%s\n", plain, spaced);
    REQUIRE(strcmp(plain, spaced) == 0);
  }
  pool_free(&p);
  return 0;
}
