/* tests/sim/main.c - runs of the whole system, one for each seed.
 *
 *   sim [--seeds N] [--from SEED] [--jobs N] [--seconds N] [--venue EXCHANGE-PRODUCT]    prints each seed that fails, and how to see it again
 *   sim --seed SEED [--seconds N] [--venue ..] [--trace]      one run, with all that passes
 * Seconds are virtual: how long the host trades. Seed, seconds and venue together are one run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "world.h"

typedef struct sums {
  uint64_t runs, failures, orders, unknowns, resolved, fills, reads, crashes, faults, seconds;
} sums;

static void add(sums *total, const world_report *report) {
  total->runs++;
  total->failures += report->why[0] != '\0';
  total->orders += report->orders;
  total->unknowns += report->unknowns;
  total->resolved += report->resolved;
  total->fills += report->fills;
  total->reads += report->reads;
  total->crashes += report->crashes;
  total->faults += report->faults;
  total->seconds += (uint64_t)report->seconds;
}

/* In a process of its own, so that a crash is that seed's. */
static void run_apart(const settings *set, world_report *report) {
  int status = 0, ends[2];
  memset(report, 0, sizeof *report);
  fflush(stdout);
  if (pipe(ends) != 0) exit(2);
  pid_t child = fork();
  if (child < 0) exit(2);
  if (child == 0) {
    world_run(set, report);
    ssize_t written = write(ends[1], report, sizeof *report);
    _exit(written == (ssize_t)sizeof *report ? 0 : 2);
  }
  close(ends[1]);
  if (read(ends[0], report, sizeof *report) != (ssize_t)sizeof *report) memset(report, 0, sizeof *report);
  close(ends[0]);
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) snprintf(report->why, sizeof report->why, "crashed, signal %d", WTERMSIG(status));
}

static int32_t only;

static sums run_share(uint64_t from, uint64_t count, uint64_t share, uint64_t shares, int64_t length_ns) {
  sums total = {0};
  for (uint64_t i = share; i < count; i += shares) {
    settings set = {.seed = from + i, .only = only, .length_ns = length_ns};
    world_report report;
    run_apart(&set, &report);
    add(&total, &report);
    if (report.why[0] == '\0') continue;
    printf("seed %llu: %s\n  again: sim --seed %llu --seconds %lld", (unsigned long long)set.seed, report.why,
           (unsigned long long)set.seed, (long long)(length_ns / SECOND));
    if (only > 0) printf(" --venue %s-%s", venues[only - 1].exchange, venues[only - 1].product_name);
    printf("\n");
    fflush(stdout);
  }
  return total;
}

static int run_all(uint64_t from, uint64_t count, uint64_t jobs, int64_t length_ns) {
  sums total = {0};
  int pipes[64][2];
  if (jobs > 64) jobs = 64;
  for (uint64_t j = 0; j < jobs; j++) {
    if (pipe(pipes[j]) != 0) return 2;
    fflush(stdout);
    pid_t child = fork();
    if (child < 0) return 2;
    if (child == 0) {
      sums share = run_share(from, count, j, jobs, length_ns);
      ssize_t written = write(pipes[j][1], &share, sizeof share);
      fflush(stdout);
      _exit(written == (ssize_t)sizeof share ? 0 : 2);
    }
    close(pipes[j][1]);
  }
  for (uint64_t j = 0; j < jobs; j++) {
    sums share = {0};
    if (read(pipes[j][0], &share, sizeof share) != (ssize_t)sizeof share) {
      printf("a process of the runs died; it had the seeds from %llu on in steps of %llu\n",
             (unsigned long long)(from + j), (unsigned long long)jobs);
      total.failures++;
    }
    close(pipes[j][0]);
    const uint64_t *each = (const uint64_t *)&share;
    for (size_t i = 0; i < sizeof share / sizeof *each; i++) ((uint64_t *)&total)[i] += each[i];
  }
  while (wait(NULL) > 0) continue;
  printf(
      "%llu runs of %llu virtual seconds: %llu orders, %llu fills, %llu outcomes unknown, %llu books read, %llu "
      "faults, %llu deaths of the host\n",
      (unsigned long long)total.runs, (unsigned long long)total.seconds, (unsigned long long)total.orders,
      (unsigned long long)total.fills, (unsigned long long)total.unknowns, (unsigned long long)total.reads,
      (unsigned long long)total.faults, (unsigned long long)total.crashes);
  printf("%llu passed, %llu failed\n",
         (unsigned long long)(total.runs - (total.failures < total.runs ? total.failures : total.runs)),
         (unsigned long long)total.failures);
  return total.failures > 0;
}

int main(int argc, char **argv) {
  uint64_t count = 100, from = 1, jobs = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN), seed = 0;
  int64_t seconds = 60;
  int trace = 0, one = 0;
  for (int i = 1; i < argc; i++) {
    const char *value = i + 1 < argc ? argv[i + 1] : NULL;
    if (strcmp(argv[i], "--trace") == 0) {
      trace = 1;
      continue;
    }
    if (value == NULL) {
      fprintf(stderr, "%s wants a value, or is none of --seeds, --from, --jobs, --seconds, --venue, --seed, --trace\n",
              argv[i]);
      return 2;
    }
    if (strcmp(argv[i], "--seeds") == 0) count = strtoull(value, NULL, 10);
    if (strcmp(argv[i], "--from") == 0) from = strtoull(value, NULL, 10);
    if (strcmp(argv[i], "--jobs") == 0) jobs = strtoull(value, NULL, 10);
    if (strcmp(argv[i], "--seconds") == 0) seconds = strtoll(value, NULL, 10);
    if (strcmp(argv[i], "--venue") == 0) {
      for (uint32_t v = 0; v < venue_count; v++) {
        char name[64];
        snprintf(name, sizeof name, "%s-%s", venues[v].exchange, venues[v].product_name);
        if (strcmp(name, value) == 0) only = (int32_t)v + 1;
      }
      if (only == 0) {
        fprintf(stderr, "--venue %s: there is none of that name\n", value);
        return 2;
      }
    }
    if (strcmp(argv[i], "--seed") == 0) {
      seed = strtoull(value, NULL, 10);
      one = 1;
    }
    i++;
  }
  if (!one) return run_all(from, count, jobs > 0 ? jobs : 1, seconds * SECOND);
  settings set = {.seed = seed, .only = only, .trace = trace, .length_ns = seconds * SECOND};
  world_report report;
  world_run(&set, &report);
  printf("seed %llu: %s\n", (unsigned long long)seed, report.why[0] == '\0' ? "passed" : report.why);
  return report.why[0] != '\0';
}
