/* torture.h - the main program of a test under torture: each test again and again, in a process of its own, with the Nth
 * allocation of the library failing, once or from then on. What the test checks may fail then, and is not looked at. The library
 * must not crash, hang, or be ended: those are failures.
 *
 *   test_x [NAME] [--every N] [--ms N] [--verbose]
 *
 * --every: only each so many-th allocation. --ms: a slice, as many of them, evenly spread, as that many milliseconds of the
 * processor allow for each test; tests that take more than ten times as long once are skipped.
 *
 * Each block that the library takes must be given back as in a run without failures; in a slice, where no check of the test
 * failed: it may have gone astray, and closed less.
 *
 * The library's objects are linked with their malloc, realloc and sodium_malloc replaced by those here, and with their code in a
 * section of its own, so that a crash of the library is told from one of a test that went on with a NULL. */
#ifndef TESTS_TORTURE_H
#define TESTS_TORTURE_H

#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define TORTURE_SECONDS 30   /* of the processor for one run of one test */
#define TORTURE_MOST    4000 /* allocations of one test looked at one by one; those past it in growing steps */

typedef struct torture_state {
  atomic_ullong count; /* allocations so far */
  atomic_llong held;   /* of them, not given back */
  atomic_int checks_failed;
  atomic_int in_library; /* where it crashed */
  atomic_int crashed;
  void *frames[12];
  int frame_count;
} torture_state;

static torture_state *torture;
static unsigned long long torture_fail_at; /* 0: none */
static int torture_for_ever;
static long torture_cost;   /* microseconds of the processor that the last run without failures took */
static int torture_lenient; /* a test that was led astray need not have closed all */
static const char *torture_program;
static const char *torture_failed_in; /* where the test called what ran out of memory last */
static long long torture_usual;       /* blocks held after a run without failures */

extern void *sodium_malloc(size_t size);
extern void sodium_free(void *memory);
extern char __start_bourse_text[], __stop_bourse_text[], __executable_start[], etext[];
void *torture_malloc(size_t size);
void *torture_calloc(size_t count, size_t size);
void *torture_realloc(void *memory, size_t size);
void *torture_sodium_malloc(size_t size);
void torture_free(void *memory);
void torture_sodium_free(void *memory);

/* The innermost frame in the test itself; *of_library: that of the library stands before it. */
static const char *torture_place(void *const *frames, int count, int *of_library) {
  *of_library = 0;
  for (int i = 0; i < count; i++) {
    const char *at = frames[i];
    if (at >= __start_bourse_text && at < __stop_bourse_text)
      *of_library = 1;
    else if (at >= __executable_start && at < etext)
      return at;
  }
  return NULL;
}

static int torture_fails(void) {
  void *frames[64];
  int of_library;
  if (torture == NULL) return 0;
  unsigned long long now = atomic_fetch_add(&torture->count, 1) + 1;
  if (torture_fail_at == 0 || now < torture_fail_at || (now > torture_fail_at && !torture_for_ever)) return 0;
  torture_failed_in = torture_place(frames + 2, backtrace(frames, 64) - 2, &of_library);
  return 1;
}

static void *torture_taken(void *memory) {
  if (torture != NULL && memory != NULL) atomic_fetch_add(&torture->held, 1);
  return memory;
}

static void torture_given_back(const void *memory) {
  if (torture != NULL && memory != NULL) atomic_fetch_sub(&torture->held, 1);
}

void *torture_malloc(size_t size) { return torture_fails() ? NULL : torture_taken(malloc(size)); }
void *torture_calloc(size_t count, size_t size) { return torture_fails() ? NULL : torture_taken(calloc(count, size)); }
void *torture_sodium_malloc(size_t size) { return torture_fails() ? NULL : torture_taken(sodium_malloc(size)); }

void *torture_realloc(void *memory, size_t size) {
  void *moved = torture_fails() ? NULL : realloc(memory, size);
  return memory == NULL ? torture_taken(moved) : moved;
}

void torture_free(void *memory) {
  torture_given_back(memory);
  free(memory);
}

void torture_sodium_free(void *memory) {
  torture_given_back(memory);
  sodium_free(memory);
}

/* A test that went on without a handle may hand NULL to the library. It is the library's own fault when the call in which it
 * happens is the one in which memory ran out. */
static void torture_crashed(int number, siginfo_t *info, void *context) {
  void *frames[64];
  int count = backtrace(frames, 64), of_library;
  const char *place = torture_place(frames + 2, count - 2, &of_library); /* without this function, and the signal's */
  (void)context;
  if (torture_lenient && test_failed_here) of_library = 0; /* it may free twice what it did not get, too */
  if (number == SIGSEGV && (uintptr_t)info->si_addr < 65536 && (test_failed_here || place != torture_failed_in))
    of_library = 0;
  for (int i = 2; i < count && torture->frame_count < 12; i++) torture->frames[torture->frame_count++] = frames[i];
  atomic_store(&torture->in_library, of_library);
  atomic_store(&torture->crashed, number);
  _exit(99);
}

static void torture_child(test_case *t) {
  static char stack[65536];
  stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
  struct itimerval limit = {.it_value = {TORTURE_SECONDS, 0}};
  struct sigaction action = {.sa_sigaction = torture_crashed, .sa_flags = SA_ONSTACK | SA_SIGINFO};
  int nothing = open("/dev/null", O_WRONLY), numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
  dup2(nothing, 1);
  dup2(nothing, 2);
  sigaltstack(&other, NULL);
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) sigaction(numbers[i], &action, NULL);
  setitimer(ITIMER_PROF, &limit, NULL);
  alarm(TORTURE_SECONDS * 10); /* it may wait for nothing, too; others use the machine */
  test_failed_here = 0;
  t->run();
  atomic_store(&torture->checks_failed, test_failed_here);
  _exit(0);
}

/* 1: all is well. */
static int torture_once(test_case *t, unsigned long long at, int for_ever) {
  int status = 0;
  struct rusage usage;
  atomic_store(&torture->count, 0);
  atomic_store(&torture->held, 0);
  atomic_store(&torture->crashed, 0);
  torture->frame_count = 0;
  torture_fail_at = at;
  torture_for_ever = for_ever;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) torture_child(t);
  wait4(child, &status, 0, &usage);
  if (at == 0)
    torture_cost = (long)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 + (long)usage.ru_utime.tv_usec +
                   (long)usage.ru_stime.tv_usec;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    long long held = atomic_load(&torture->held);
    if (at == 0) torture_usual = held;
    /* What the test keeps to its end it keeps not, where that is what there was no memory for. */
    if ((held >= 0 && held <= torture_usual) || (torture_lenient && atomic_load(&torture->checks_failed))) return 1;
    printf("%s: allocation %llu failing%s: %lld blocks are not given back\n", t->name, at,
           for_ever ? ", and all after it" : "", held - torture_usual);
    return 0;
  }
  if (WIFEXITED(status) && !(WEXITSTATUS(status) == 99 && atomic_load(&torture->in_library)))
    return 1; /* the test went on with a NULL */
  printf("%s: allocation %llu failing%s: ", t->name, at, for_ever ? ", and all after it" : "");
  if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGALRM || WTERMSIG(status) == SIGPROF))
    printf("hangs\n");
  else if (WIFEXITED(status) && WEXITSTATUS(status) == 99)
    printf("the library crashes, signal %d\n", atomic_load(&torture->crashed));
  else
    printf("ended with status %d\n", status);
  fflush(stdout);
  if (torture->frame_count > 0) {
    printf("    addr2line -fpse %s", torture_program);
    for (int i = 0; i < torture->frame_count; i++)
      printf(" %#zx", (size_t)((const char *)torture->frames[i] - __executable_start));
    printf("\n");
  }
  return 0;
}

/* What a test may cost, and what it came to. */
typedef struct torture_tally {
  unsigned long long every; /* only each so many-th allocation */
  long milliseconds;        /* of the processor for each test; 0: as long as it takes */
  unsigned runs, failed, skipped;
} torture_tally;

/* Of a slice, which allocation to begin with: others for each test, as tests often begin alike. */
static unsigned long long torture_begin(const test_case *t, unsigned long long step) {
  unsigned long long hash = 5381;
  for (const char *at = t->name; *at != '\0'; at++) hash = hash * 33 + (unsigned char)*at;
  return 1 + hash % step;
}

static void torture_test(test_case *t, torture_tally *tally) {
  unsigned failed = !torture_once(t, 0, 0), turn = 0;
  unsigned long long total = atomic_load(&torture->count), step = tally->every, begin = 1;
  if (tally->milliseconds > 0 && total > 0) {
    long runs = tally->milliseconds * 1000 / (torture_cost + 1);
    if (torture_cost > tally->milliseconds * 10000) {
      tally->skipped++;
      total = 0;
    }
    step = total / (unsigned long long)(runs < 3 ? 3 : runs) + 1;
    begin = torture_begin(t, step);
  }
  for (unsigned long long at = begin; at <= total && failed < 5; at += step, turn++) {
    for (int for_ever = 0; for_ever < 2; for_ever++) {
      if (tally->milliseconds > 0 && for_ever != (int)turn % 2) continue; /* by turns */
      failed += !torture_once(t, at, for_ever);
      tally->runs++;
    }
    if (at > TORTURE_MOST && step < at / 50) step = at / 50;
  }
  tally->failed += failed;
}

static int torture_main(int argc, char **argv) {
  torture_tally tally = {1, 0, 0, 0, 0};
  const char *name = NULL;
  int verbose = 0;
  void *warm[4];
  torture_program = argv[0];
  (void)backtrace(warm, 4); /* loads what it needs now, and not in the handler */
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--every") == 0 && i + 1 < argc)
      tally.every = strtoull(argv[++i], NULL, 10);
    else if (strcmp(argv[i], "--ms") == 0 && i + 1 < argc)
      tally.milliseconds = strtol(argv[++i], NULL, 10), torture_lenient = 1;
    else if (strcmp(argv[i], "--verbose") == 0)
      verbose = 1;
    else
      name = argv[i];
  }
  torture = mmap(NULL, sizeof *torture, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (torture == MAP_FAILED || tally.every == 0) return 2;
  for (test_case *t = test_first; t != NULL; t = t->next) {
    unsigned before = tally.runs;
    if (name != NULL && strstr(t->name, name) == NULL) continue;
    torture_test(t, &tally);
    if (verbose) printf("%s: %u runs of %ld us\n", t->name, tally.runs - before, torture_cost);
  }
  printf("%s: %u passed, %u failed, %u skipped\n", argv[0], tally.runs > tally.failed ? tally.runs - tally.failed : 0,
         tally.failed, tally.skipped);
  return tally.failed > 0;
}

#endif
