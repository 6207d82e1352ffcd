/* bad_messages.c - every message of the cases of streams, cut anywhere, with each of its values replaced, and with any byte
 * changed; and the cases with each allocation failing in turn. What is no more JSON is never taken; nothing crashes or reads past the end (each stands alone in memory); all
 * memory is given back. */
#include "conformance/bad_messages.h"

#include "conformance/streams.h"

#include <bourse/sys/replay.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct damage {
  const fixture_set *set;
  const fixture_case *one;
  fixture_run run;
  bourse_replay *replay;
  tally *t;
  int failed;
} damage;

static void fail(damage *d, const char *how, const char *bytes, size_t length) {
  d->t->failed++;
  if (d->failed++ < 3) printf("FAILED %s/%s: %s: %.*s\n", d->set->exchange, d->one->label, how, (int)length, bytes);
}

/* A connection of its own for each, so that none lives on what another left. */
static void try_message(damage *d, const char *how, const char *bytes, size_t length, int must_fail) {
  char *alone = malloc(length == 0 ? 1 : length);
  if (alone == NULL) exit(2);
  memcpy(alone, bytes, length);
  bourse_replay_open(d->replay, 1, NULL, d->run.request.product);
  int32_t code = bourse_replay_message(d->replay, 1, alone, length, d->run.w.now_ns);
  if (code != BOURSE_OK && code != BOURSE_ERROR_BAD_REPLY)
    fail(d, bourse_error_name(code), bytes, length);
  else if (must_fail && code == BOURSE_OK)
    fail(d, how, bytes, length);
  else
    d->t->passed++;
  free(alone);
}

/* Only white space may be missing at the end. */
static void cut(damage *d, const json *message) {
  size_t length = (size_t)(message->end - message->begin);
  for (size_t i = 0; i < length; i++) try_message(d, "cut, and taken all the same", message->begin, i, 1);
}

static void change_bytes(damage *d, const json *message) {
  static const char bytes[] = {'"', '\\', '{', '}', ',', '0', '\0', (char)0xff};
  size_t length = (size_t)(message->end - message->begin);
  char *copy = malloc(length + 1);
  if (copy == NULL) exit(2);
  for (size_t i = 0; i < length; i++)
    for (size_t k = 0; k < sizeof bytes; k++) {
      memcpy(copy, message->begin, length);
      copy[i] = bytes[k];
      pool p = {NULL};
      int is_json = json_parse(&p, copy, length, NULL) != NULL;
      pool_free(&p);
      try_message(d, "no more JSON, and taken", copy, length, !is_json);
    }
  free(copy);
}

static void change_values(damage *d, const json *message, const json *value) {
  static const char *const others[] = {
      "null", "\"\"",  "0",  "-1", "1e400", "99999999999999999999999999999999999999999",
      "true", "\"x\"", "{}", "[]", "[[]]",  "\"\\u0000\""};
  for (const json *one = value->first; one != NULL; one = one->next) {
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
      buffer text = {0};
      buffer_add(&text, message->begin, (size_t)(one->begin - message->begin));
      buffer_string(&text, others[i]);
      buffer_add(&text, one->end, (size_t)(message->end - one->end));
      try_message(d, "a value replaced", text.data, text.length, 0);
      buffer_free(&text);
    }
    change_values(d, message, one);
  }
}

static void check_message(damage *d, const json *message) {
  try_message(d, "whole", message->begin, (size_t)(message->end - message->begin), 0);
  cut(d, message);
  change_values(d, message, message);
  change_bytes(d, message);
}

static void check_case(damage *d) {
  const json *steps = json_get(d->one->value, "steps");
  fixture_open(&d->run, d->set, d->one);
  d->run.w.answer = NULL;
  if (d->run.wrong == NULL && bourse_replay_new(&d->replay, d->run.handle, NULL, NULL) == BOURSE_OK) {
    for (const json *step = steps == NULL ? d->one->value : steps->first; step != NULL;
         step = steps == NULL ? NULL : step->next)
      if (json_get(step, "reply") != NULL && json_get(json_get(step, "request"), "method") == NULL)
        check_message(d, json_get(step, "reply"));
    bourse_replay_free(d->replay);
  }
  d->run.wrong = NULL;
  fixture_close(&d->run);
  if (d->run.wrong != NULL) fail(d, d->run.wrong, "", 0);
}

static void starve(damage *d) {
  pool p = {NULL};
  uint32_t runs = 0;
  const char *wrong = stream_starve(&p, d->set, d->one, &runs);
  d->t->passed += (int)runs;
  if (wrong != NULL) fail(d, wrong, "", 0);
  pool_free(&p);
}

void check_messages(const fixture_set *set, const char *only, tally *t) {
  for (const fixture_case *one = set->streams; one != NULL; one = one->next) {
    damage d = {.set = set, .one = one, .t = t};
    if (only != NULL && strstr(one->label, only) == NULL) continue;
    check_case(&d);
    starve(&d);
  }
}
