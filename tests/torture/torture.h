/* torture.h - the main program of a test under torture: each test again and again, in a process of its own, with the Nth
 * allocation of the library failing, once or from then on. What the test checks may fail then, and is not looked at. The library
 * must not crash, hang, or be ended: those are failures.
 *
 *   test_x [NAME] [--every N] [--verbose]     --every: only each so many-th allocation, so that it is quick
 *
 * The library's objects are linked with their malloc, realloc and sodium_malloc replaced by those here, and with their code in a
 * section of its own, so that a crash of the library is told from one of a test that went on with a NULL. */
#ifndef TESTS_TORTURE_H
#define TESTS_TORTURE_H

#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define TORTURE_SECONDS 30 /* for one run of one test */
#define TORTURE_MOST    4000 /* allocations of one test looked at one by one; those past it in growing steps */

typedef struct torture_state {
  atomic_ullong count;   /* allocations so far */
  atomic_int in_library; /* where it crashed */
  atomic_int crashed;
  void *frames[12];
  int frame_count;
} torture_state;

static torture_state *torture;
static unsigned long long torture_fail_at; /* 0: none */
static int torture_for_ever;

extern void *sodium_malloc(size_t size);
extern char __start_bourse_text[], __stop_bourse_text[], __executable_start[], etext[];
void *torture_malloc(size_t size);
void *torture_calloc(size_t count, size_t size);
void *torture_realloc(void *memory, size_t size);
void *torture_sodium_malloc(size_t size);

static int torture_fails(void) {
  if (torture == NULL) return 0;
  unsigned long long now = atomic_fetch_add(&torture->count, 1) + 1;
  return torture_fail_at != 0 && (now == torture_fail_at || (torture_for_ever && now > torture_fail_at));
}

void *torture_malloc(size_t size) { return torture_fails() ? NULL : malloc(size); }
void *torture_calloc(size_t count, size_t size) { return torture_fails() ? NULL : calloc(count, size); }
void *torture_realloc(void *memory, size_t size) { return torture_fails() ? NULL : realloc(memory, size); }
void *torture_sodium_malloc(size_t size) { return torture_fails() ? NULL : sodium_malloc(size); }

/* The first frame in the program itself tells who called what crashed. */
static void torture_crashed(int number) {
  void *frames[64];
  int count = backtrace(frames, 64), of_library = 1;
  for (int i = 2; i < count; i++) { /* this function, and the signal's */
    const char *at = frames[i];
    if (at >= __start_bourse_text && at < __stop_bourse_text) break;
    if (at < __executable_start || at >= etext) continue;
    of_library = 0;
    break;
  }
  for (int i = 2; i < count && torture->frame_count < 12; i++) torture->frames[torture->frame_count++] = frames[i];
  atomic_store(&torture->in_library, of_library);
  atomic_store(&torture->crashed, number);
  _exit(99);
}

static void torture_child(test_case *t) {
  static char stack[65536];
  stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
  struct sigaction action = {.sa_handler = torture_crashed, .sa_flags = SA_ONSTACK};
  int nothing = open("/dev/null", O_WRONLY), numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
  dup2(nothing, 1);
  dup2(nothing, 2);
  sigaltstack(&other, NULL);
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) sigaction(numbers[i], &action, NULL);
  alarm(TORTURE_SECONDS);
  t->run();
  _exit(0);
}

/* 1: all is well. */
static int torture_once(test_case *t, unsigned long long at, int for_ever) {
  int status = 0;
  atomic_store(&torture->count, 0);
  atomic_store(&torture->crashed, 0);
  torture->frame_count = 0;
  torture_fail_at = at;
  torture_for_ever = for_ever;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) torture_child(t);
  waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 1;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 99 && !atomic_load(&torture->in_library)) return 1; /* the test went on with a NULL */
  printf("%s: allocation %llu failing%s: ", t->name, at, for_ever ? ", and all after it" : "");
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    printf("hangs\n");
  else if (WIFEXITED(status) && WEXITSTATUS(status) == 99)
    printf("the library crashes, signal %d\n", atomic_load(&torture->crashed));
  else
    printf("ended with status %d\n", status);
  fflush(stdout);
  for (int i = 0; i < torture->frame_count; i++) printf("    %p\n", torture->frames[i]);
  return 0;
}

/* Runs of one test; returns how many failed. */
static unsigned torture_test(test_case *t, unsigned long long every, unsigned *runs) {
  unsigned failed = 0;
  if (!torture_once(t, 0, 0)) return 1;
  unsigned long long total = atomic_load(&torture->count), step = every;
  for (unsigned long long at = 1; at <= total && failed < 5; at += step) {
    for (int for_ever = 0; for_ever < 2; for_ever++) {
      failed += !torture_once(t, at, for_ever);
      ++*runs;
    }
    if (at > TORTURE_MOST) step = every + at / 50;
    if (every > 1 && at > 1) step += step / 2; /* a slice: fewer and fewer */
  }
  return failed;
}

static int torture_main(int argc, char **argv) {
  unsigned long long every = 1;
  unsigned runs = 0, failed = 0;
  const char *name = NULL;
  int verbose = 0;
  void *warm[4];
  (void)backtrace(warm, 4); /* loads what it needs now, and not in the handler */
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--every") == 0 && i + 1 < argc)
      every = strtoull(argv[++i], NULL, 10);
    else if (strcmp(argv[i], "--verbose") == 0)
      verbose = 1;
    else
      name = argv[i];
  }
  torture = mmap(NULL, sizeof *torture, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (torture == MAP_FAILED || every == 0) return 2;
  for (test_case *t = test_first; t != NULL; t = t->next) {
    unsigned before = runs;
    if (name != NULL && strstr(t->name, name) == NULL) continue;
    failed += torture_test(t, every, &runs);
    if (verbose) printf("%s: %u runs\n", t->name, runs - before);
  }
  printf("%s under torture: %u passed, %u failed\n", argv[0], runs > failed ? runs - failed : 0, failed);
  return failed > 0;
}

#endif
