/* fixtures.c - `torture DIR [--only PART] [--every N]`: each case of the fixtures again and again, each time with the next
 * allocation of the context failing, while the handle is opened and while the operation runs.
 *
 * What comes of it is the error of memory or what the case expects; an error tells the truth about whether something was sent;
 * everything is given back; and the same operation a second time, with memory, comes to what the case expects. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/fixture.h"
#include "support/members.h"

#define MOST 20000 /* allocations of one case */

typedef struct suite {
  const fixture_set *set;
  const char *only;
  long every;
  long runs;
  tally t;
} suite;

static void judge(suite *s, const fixture_case *one, const char *what, long at, const char *wrong) {
  s->runs++;
  if (wrong == NULL) {
    s->t.passed++;
    return;
  }
  printf("FAILED %s/%s: %s, allocation %ld failing: %s\n", s->set->exchange, one->label, what, at, wrong);
  s->t.failed++;
}

/* --- Opening --- */

typedef struct opening {
  fixture_run run;
  long fail_at;
} opening;

static void fail_from_here(bourse_options *options, bourse_credentials *credentials, void *user_data) {
  opening *o = user_data;
  (void)options;
  (void)credentials;
  o->run.w.fail_at = o->fail_at;
}

/* 0: it was opened before that many allocations. */
static int open_starved(suite *s, const fixture_case *one, long at) {
  opening o;
  memset(&o, 0, sizeof o);
  o.run.change_options = fail_from_here;
  o.run.user_data = &o;
  o.fail_at = at;
  fixture_open(&o.run, s->set, one);
  const char *wrong = NULL, *said = o.run.wrong;
  int starved = o.run.w.fail_at == 0,
      failed =
          said != NULL && (o.run.context == NULL || bourse_context_error(o.run.context)->code == BOURSE_ERROR_MEMORY);
  o.run.w.fail_at = 0;
  if (said != NULL && !failed) wrong = pool_string(&o.run.w.memory, said);
  if (!starved && failed) wrong = "it ran out of memory with none failing";
  o.run.wrong = NULL;
  char text[300] = "";
  (void)snprintf(text, sizeof text, "%s", wrong == NULL ? "" : wrong);
  fixture_close(&o.run);
  judge(s, one, "opening", at, text[0] != '\0' ? text : o.run.wrong);
  return starved;
}

/* --- Running --- */

static int changes(const fixture_run *run) {
  return (bourse_schema_operation(run->one->operation)->flags & BOURSE_OPERATION_ACTS) != 0;
}

/* *starved: memory ran out; 2: and nobody knows whether it was done. */
static const char *execute(pool *p, fixture_run *run, int may_starve, int *starved) {
  bourse_result *result = NULL;
  const char *wrong = NULL;
  int32_t code = bourse_execute(&result, run->handle, &run->request);
  const bourse_error *error = bourse_context_error(run->context);
  *starved = code == BOURSE_ERROR_MEMORY ? 1 + (error->outcome == BOURSE_OUTCOME_UNKNOWN) : 0;
  if ((code == BOURSE_OK) != (result != NULL)) wrong = "code and result do not agree";
  if (wrong == NULL && may_starve && *starved) {
    const world_request *last = NULL;
    for (uint32_t i = 0; world_request_at(&run->w, i) != NULL; i++) last = world_request_at(&run->w, i);
    if (last != NULL && changes(run) && fixture_acts(run, last) && error->outcome == BOURSE_OUTCOME_NOT_SENT)
      wrong = pool_format(p, "%s %s was sent, and the error says that it was not", last->method, last->path);
    if (last == NULL && error->outcome != BOURSE_OUTCOME_NOT_SENT)
      wrong = pool_format(p, "nothing was sent, and the error says %s", bourse_outcome_name(error->outcome));
  } else if (wrong == NULL) {
    wrong = run->wrong != NULL ? pool_string(p, run->wrong) : fixture_compare(p, run->one, result, error);
    if (wrong == NULL && run->step < run->step_count) wrong = pool_format(p, "step %u was not sent", run->step);
  }
  bourse_result_free(result);
  return wrong;
}

/* 0: it ended before that many allocations. */
static int run_starved(suite *s, const fixture_case *one, long at) {
  fixture_run run = {.change_options = NULL};
  pool p = {NULL};
  int reported = 0, ignored;
  fixture_open(&run, s->set, one);
  const char *wrong = run.wrong, *what = "running";
  if (wrong == NULL) {
    run.w.fail_at = at;
    wrong = execute(&p, &run, 1, &reported);
  }
  int starved = run.w.fail_at == 0;
  run.w.fail_at = 0;
  if (wrong == NULL && reported == 1) { /* what may have been done is not to be done again */
    what = "again with memory";
    run.step = 0;
    run.wrong = NULL;
    world_forget(&run.w);
    wrong = execute(&p, &run, 0, &ignored);
    if (wrong != NULL && strncmp(wrong, "json.nonce is ", 14) == 0) wrong = NULL; /* it rises */
  }
  run.wrong = NULL;
  fixture_close(&run);
  judge(s, one, what, at, wrong != NULL ? wrong : run.wrong);
  pool_free(&p);
  return starved;
}

static void run_cases(suite *s) {
  int opened = 0;
  for (const fixture_case *one = s->set->cases; one != NULL; one = one->next) {
    int before = s->t.failed;
    if (s->only != NULL && strstr(one->label, s->only) == NULL) continue;
    for (long at = 1; !opened && at < MOST && open_starved(s, one, at); at += s->every) {
    }
    opened = 1; /* all are opened alike */
    for (long at = 1; at < MOST && run_starved(s, one, at) && s->t.failed < before + 3; at += s->every) {
    }
  }
}

int main(int argc, char **argv) {
  suite s;
  const char *folder = NULL;
  static const char *const exchanges[] = {"binance", "kraken"};
  memset(&s, 0, sizeof s);
  s.every = 1;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
      s.only = argv[++i];
    else if (strcmp(argv[i], "--every") == 0 && i + 1 < argc)
      s.every = strtol(argv[++i], NULL, 10);
    else
      folder = argv[i];
  }
  if (folder == NULL || s.every < 1) {
    fprintf(stderr, "usage: torture DIR [--only PART] [--every N]\n");
    return 2;
  }
  for (size_t i = 0; i < sizeof exchanges / sizeof exchanges[0]; i++) {
    fixture_set set;
    pool p = {NULL};
    char *path = join_path(&p, folder, exchanges[i]);
    if (!file_exists(path)) continue;
    if (fixture_load(&set, path, exchanges[i])) {
      s.set = &set;
      run_cases(&s);
    } else {
      s.t.failed++;
    }
    fixture_free(&set);
    pool_free(&p);
  }
  return tally_finish(&s.t, "torture");
}
