/* bad_replies.c */
#include "conformance/bad_replies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/members.h"

#define LONG_SIZE (20u << 20)

typedef struct damage {
  const fixture_set *set;
  const fixture_case *one;
  fixture_run run; /* open for `one` */
  pool p;          /* of one reply */
  const char *body;
  size_t length;
  const json *tree; /* of body */
  int32_t status;
  tally *t;
} damage;

static void fail(damage *d, const char *how, const char *text) {
  printf("FAILED %s/%s: a reply %s: %s\n", d->set->exchange, d->one->label, how, text);
  d->t->failed++;
}

/* Errors that a reply may be judged to be. */
static int is_typed(int32_t code) {
  return (code <= BOURSE_ERROR_REFUSED && code > BOURSE_ERROR_INTERNAL) || code == BOURSE_ERROR_UNSUPPORTED ||
         code == BOURSE_ERROR_OVERFLOW || code == BOURSE_ERROR_UNKNOWN_SYMBOL || code == BOURSE_ERROR_LIMIT;
}

/* Whether a record tells of a failure of its own: what is done one by one ends so. */
static int tells_failure(const bourse_result *result) {
  const bourse_order *order = result == NULL ? NULL : bourse_result_order(result, 0);
  return order != NULL && is_typed(order->error);
}

/* must_fail: 1 when no reading of these bytes is right. */
static void try_reply(damage *d, const char *how, int32_t status, const char *body, size_t length, int must_fail) {
  bourse_result *result = NULL;
  pool p = {NULL};
  int is_raw = d->one->operation == BOURSE_OP_CALL_RAW; /* gives the bytes as they are */
  int32_t code = bourse_decode(&result, d->run.handle, &d->run.request, status, NULL, 0, body, length);
  const bourse_error *error = bourse_context_error(d->run.context);
  if (code == BOURSE_OK && result == NULL)
    fail(d, how, "success without a result");
  else if (code == BOURSE_OK && must_fail && !tells_failure(result) && !(is_raw && status < 400))
    fail(d, how, "it came through");
  else if (code != BOURSE_OK && (!is_typed(code) || error->message[0] == '\0'))
    fail(d, how, pool_format(&p, "%s: \"%s\"", bourse_error_name(code), error->message));
  else
    d->t->passed++;
  if (result != NULL && length < LONG_SIZE) result_text(&p, result); /* every member is looked at */
  bourse_result_free(result);
  pool_free(&p);
}

/* --- Cut and replaced as a whole --- */

static void cut(damage *d) {
  for (size_t length = 0; length < d->length; length++) {
    pool p = {NULL};
    char *exact = malloc(length + 1); /* so that a sanitizer sees one byte too far */
    if (exact == NULL) exit(2);
    memcpy(exact, d->body, length);
    int whole = json_parse(&p, exact, length, NULL) != NULL;
    char *fitting = realloc(exact, length == 0 ? 1 : length);
    try_reply(d, pool_format(&p, "cut after %zu bytes", length), d->status, fitting, length, !whole);
    free(fitting);
    pool_free(&p);
  }
}

/* An order that one service does not know may be another's: then that refusal is no end, whatever its status. */
static int is_looked_on_for(const damage *d) {
  const json *steps = json_get(d->one->value, "steps");
  return steps != NULL && steps->count > 1 &&
         (d->one->operation == BOURSE_OP_FETCH_ORDER || d->one->operation == BOURSE_OP_CANCEL_ORDER);
}

static void replaced(damage *d) {
  static const char html[] = "<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>";
  static const char nul[] = "{\"a\":\"b\0c\"}";
  static const char *const bodies[] = {
      "",    " ",       "\n",   html,         "null",           "true", "1",    "\"text\"",    "OK",
      "{",   "[",       "}",    "{\"",        "\xef\xbb\xbf{}", "[{}",  "{}{}", "{\"code\":}", "undefined",
      "NaN", "{'a':1}", "[1,]", "{\"a\":1,}", "\xff\xfe{\0}"};
  static const int32_t failures[] = {300, 302, 400, 401, 403, 404, 408, 409, 418,
                                     429, 451, 500, 502, 503, 504, 520, 599};
  for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
    int is_json = json_parse(&d->p, bodies[i], strlen(bodies[i]), NULL) != NULL;
    try_reply(d, bodies[i] == html ? "that is HTML" : bodies[i], 200, bodies[i], strlen(bodies[i]), !is_json);
  }
  try_reply(d, "with a NUL inside", 200, nul, sizeof nul - 1, 1);
  for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
    const char *how = pool_format(&d->p, "with status %d", failures[i]);
    try_reply(d, how, failures[i], html, sizeof html - 1, 1);
    try_reply(d, how, failures[i], "", 0, 1);
    try_reply(d, how, failures[i], "{}", 2, 1);
    try_reply(d, how, failures[i], d->body, d->length, failures[i] >= 400 && d->status < 400 && !is_looked_on_for(d));
  }
}

/* --- One value or member changed --- */

/* The body with bytes [from, to) replaced. */
static char *spliced(damage *d, const char *from, const char *to, const char *text, size_t *length) {
  size_t head = (size_t)(from - d->body), size = strlen(text), tail = d->length - (size_t)(to - d->body);
  char *out = malloc(head + size + tail + 1);
  if (out == NULL) exit(2);
  memcpy(out, d->body, head);
  memcpy(out + head, text, size);
  memcpy(out + head + size, to, tail);
  *length = head + size + tail;
  return out;
}

static void splice(damage *d, const char *how, const char *from, const char *to, const char *text, int must_fail) {
  size_t length;
  char *body = spliced(d, from, to, text, &length);
  try_reply(d, how, d->status, body, length, must_fail);
  free(body);
}

static char deep_lists[400], deep_objects[1000];

static const struct {
  const char *text;
  int must_fail; /* no JSON at all */
} values[] = {
    {"null", 0},
    {"true", 0},
    {"false", 0},
    {"0", 0},
    {"-1", 0},
    {"1.5", 0},
    {"1e400", 0},
    {"-1e-400", 0},
    {"9223372036854775808", 0},
    {"340282366920938463463374607431768211456", 0},
    {"\"\"", 0},
    {"\"x\"", 0},
    {"\"-1\"", 0},
    {"\"1e400\"", 0},
    {"\"\\u0000\"", 0},
    {"\"\xf0\x9f\x98\x80\"", 0},
    {"[]", 0},
    {"{}", 0},
    {"[1,2]", 0},
    {"{\"a\":1}", 0},
    {"[[],[[]]]", 0},
    {deep_lists, 1},
    {deep_objects, 1},
    {"\"\xe4\xf6\"", 1},
    {"\"\xff\"", 1},
    {"\"\xc3\"", 1},
    {"\"\xed\xa0\x80\"", 1},
    {"\"\\ud800\"", 1},
    {"\"a\nb\"", 1},
    {"\"\\x\"", 1},
    {"01", 1},
    {"+1", 1},
    {".5", 1},
    {"1.", 1},
    {"1e", 1},
    {"--1", 1},
    {"NaN", 1},
    {"nul", 1},
    {"'x'", 1},
};

/* Long lists are damaged at their first two elements only: the others are read by the same code. */
static void change_values(damage *d, const json *value) {
  uint32_t index = 0;
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    splice(d, pool_format(&d->p, "with %.40s at byte %zu", values[i].text, (size_t)(value->begin - d->body)),
           value->begin, value->end, values[i].text, values[i].must_fail);
  for (const json *one = value->first; one != NULL && (value->kind == JSON_OBJECT || index < 2);
       one = one->next, index++)
    change_values(d, one);
}

/* Every member twice, and every member gone. */
static void change_members(damage *d, const json *value) {
  uint32_t index = 0;
  for (const json *one = value->first; one != NULL; one = one->next, index++) {
    if (value->kind == JSON_ARRAY && index >= 2) break;
    if (value->kind == JSON_OBJECT) {
      buffer twice = {0};
      buffer_add(&twice, one->begin, (size_t)(one->end - one->begin));
      buffer_string(&twice, ",");
      json_quote(&twice, one->key);
      buffer_string(&twice, ":");
      buffer_add(&twice, one->begin, (size_t)(one->end - one->begin));
      splice(d, pool_format(&d->p, "with %s twice", one->key), one->begin, one->end, twice.data, 0);
      buffer_free(&twice);
      splice(d, pool_format(&d->p, "with a member that is no JSON behind %s", one->key), one->end, one->end, ",x", 1);
    } else {
      splice(d, "with an element that is no JSON", one->end, one->end, ",x", 1);
    }
    change_members(d, one);
  }
}

/* --- Large and foreign --- */

static void enlarge(damage *d) {
  const json *value = d->tree;
  char *text = malloc(LONG_SIZE + 3);
  if (text == NULL) exit(2);
  while (value->first != NULL) value = value->first;
  memset(text, 'a', LONG_SIZE);
  text[0] = text[LONG_SIZE - 1] = '"';
  text[LONG_SIZE] = '\0';
  splice(d, "with a string of 20 MB", value->begin, value->end, text, 0);
  memset(text, '[', LONG_SIZE);
  splice(d, "nested 20 million deep", value->begin, value->end, text, 1);
  memset(text, '7', LONG_SIZE);
  splice(d, "with a number of 20 million digits", value->begin, value->end, text, 0);
  memset(text, ' ', LONG_SIZE);
  text[LONG_SIZE - 1] = '1';
  splice(d, "with 20 MB of spaces", value->begin, value->end, text, 0);
  free(text);
}

static void recode(damage *d) {
  for (int big = 0; big < 2; big++)
    for (int mark = 0; mark < 2; mark++) {
      char *wide = malloc(d->length * 2 + 2);
      size_t at = 0;
      if (wide == NULL) exit(2);
      if (mark) {
        wide[at++] = (char)(big ? 0xfe : 0xff);
        wide[at++] = (char)(big ? 0xff : 0xfe);
      }
      for (size_t i = 0; i < d->length; i++) {
        wide[at + (big ? 1 : 0)] = d->body[i];
        wide[at + (big ? 0 : 1)] = 0;
        at += 2;
      }
      try_reply(d, "in UTF-16", d->status, wide, at, 1);
      free(wide);
    }
}

/* --- What became of a request whose answer cannot be read --- */

static const struct {
  int32_t status;
  const char *body;
  int32_t code; /* 0: any */
} unreadable[] = {
    {200, "", BOURSE_ERROR_BAD_REPLY},
    {200, "<html>", BOURSE_ERROR_BAD_REPLY},
    {200, "{\"a\":", BOURSE_ERROR_BAD_REPLY},
    {502, "<html>502 Bad Gateway</html>", 0},
    {503, "", 0},
    {504, "{}", 0},
};

static size_t unreadable_now;

static int answer_unreadable(world *w, world_request *request, world_reply *reply) {
  (void)w;
  (void)request;
  reply->status = unreadable[unreadable_now].status;
  reply->body = unreadable[unreadable_now].body;
  reply->length = strlen(reply->body);
  return 1;
}

static void lose_answer(const fixture_set *set, const fixture_case *one, tally *t) {
  const bourse_operation_info *info = bourse_schema_operation(one->operation);
  for (unreadable_now = 0; unreadable_now < sizeof unreadable / sizeof unreadable[0]; unreadable_now++) {
    fixture_run run = {.change_options = NULL};
    bourse_result *result = NULL;
    fixture_open(&run, set, one);
    run.w.answer = answer_unreadable;
    int32_t code = run.wrong != NULL ? 0 : bourse_execute(&result, run.handle, &run.request);
    const bourse_error *error = bourse_context_error(run.context);
    const world_request *last = run.w.requests;
    int acts = last != NULL && fixture_acts(&run, last) && (info->flags & BOURSE_OPERATION_ACTS) != 0 &&
               !(run.request.order_count > 0 && run.request.orders[0]->test > 0);
    const char *wrong = run.wrong;
    if (wrong == NULL && last != NULL && result != NULL && !tells_failure(result) &&
        one->operation != BOURSE_OP_CALL_RAW)
      wrong = "it came through";
    if (wrong == NULL && last != NULL && result == NULL && unreadable[unreadable_now].code != 0 &&
        code != unreadable[unreadable_now].code)
      wrong = bourse_error_name(code);
    if (wrong == NULL && acts && result == NULL && error->outcome != BOURSE_OUTCOME_UNKNOWN)
      wrong = bourse_outcome_name(error->outcome);
    if (wrong != NULL) {
      printf("FAILED %s/%s: the answer is %d \"%s\": %s\n", set->exchange, one->label,
             unreadable[unreadable_now].status, unreadable[unreadable_now].body, wrong);
      t->failed++;
    } else {
      t->passed++;
    }
    bourse_result_free(result);
    run.wrong = NULL;
    fixture_close(&run);
    if (run.wrong != NULL) {
      printf("FAILED %s/%s: %s\n", set->exchange, one->label, run.wrong);
      t->failed++;
    }
  }
}

/* --- All --- */

static void check_reply(damage *d, int large) {
  world_reply reply;
  const json *step = case_step(d->one, 0);
  memset(&d->run, 0, sizeof d->run);
  fixture_open(&d->run, d->set, d->one);
  if (d->run.wrong == NULL && step != NULL && step_reply(&d->p, step, &reply)) {
    d->body = reply.body;
    d->length = reply.length;
    d->status = reply.status;
    d->tree = json_parse(&d->p, d->body, d->length, NULL);
    cut(d);
    replaced(d);
    recode(d);
    if (d->tree != NULL) {
      change_values(d, d->tree);
      change_members(d, d->tree);
      if (large) enlarge(d);
    }
  }
  d->run.wrong = NULL;
  fixture_close(&d->run);
  if (d->run.wrong != NULL) fail(d, "that is damaged", d->run.wrong);
  pool_free(&d->p);
}

void check_replies(const fixture_set *set, const char *only, tally *t) {
  uint8_t kinds[64] = {0}; /* one large reply for each kind of record */
  memset(deep_lists, '[', 199);
  for (size_t i = 0; i + 5 < sizeof deep_objects; i += 5) memcpy(deep_objects + i, "{\"a\":", 5);
  for (const fixture_case *one = set->cases; one != NULL; one = one->next) {
    damage d = {.set = set, .one = one, .t = t};
    int32_t kind = bourse_schema_operation(one->operation)->kind;
    if (only != NULL && strstr(one->label, only) == NULL) continue;
    if (!case_has_reply(one) || json_get(one->value, "expect") == NULL) continue;
    check_reply(&d, kinds[kind & 63]++ == 0);
    lose_answer(set, one, t);
  }
}
