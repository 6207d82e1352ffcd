#include "sign/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "helpers.h"

/* Every unmapping of the program comes through here, also those of libsodium: what is in the watched memory at that
 * moment is what the next owner of the pages could have seen. */
static const uint8_t *watched;
static size_t watched_size;
static int watched_unmapped, watched_dirty;

__attribute__((visibility("default"))) int munmap(void *start, size_t length) {
  const uint8_t *from = start;
  if (watched != NULL && watched >= from && watched < from + length) {
    watched_unmapped++;
    for (size_t i = 0; i < watched_size; i++) watched_dirty |= watched[i] != 0;
    watched = NULL;
  }
  return (int)syscall(SYS_munmap, start, length);
}

/* How a child that reads (or writes) this byte ends: the signal, or 0. */
static int fate_of_access(uint8_t *at, int writing) {
  int status = 0;
  pid_t child = fork();
  if (child == 0) {
    struct rlimit none = {0, 0};
    signal(SIGSEGV, SIG_DFL);
    setrlimit(RLIMIT_CORE, &none);
    if (writing)
      *(volatile uint8_t *)at = 1;
    else
      (void)*(volatile uint8_t *)at;
    _exit(0);
  }
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

TEST(readable_only_while_open) {
  bourse__secret secret;
  CHECK_INT(bourse__secret_new(&secret, 32), BOURSE_OK);
  CHECK_INT(secret.size, 32);
  CHECK(sodium_is_zero(secret.data, 32));
  memset(secret.data, 0x5A, 32);
  CHECK_INT(bourse__secret_close(&secret), BOURSE_OK);
  CHECK_INT(fate_of_access(secret.data, 0), SIGSEGV);
  CHECK_INT(fate_of_access(secret.data + 31, 0), SIGSEGV);
  CHECK_INT(fate_of_access(secret.data, 1), SIGSEGV);
  CHECK_INT(bourse__secret_open(&secret), BOURSE_OK);
  CHECK_INT(fate_of_access(secret.data, 0), 0);
  CHECK_INT(fate_of_access(secret.data, 1), SIGSEGV); /* open is for reading */
  CHECK_INT(secret.data[31], 0x5A);
  CHECK_INT(bourse__secret_close(&secret), BOURSE_OK);
  CHECK_INT(fate_of_access(secret.data, 0), SIGSEGV);
  bourse__secret_free(&secret);
}

TEST(guard_pages) {
  bourse__secret secret;
  CHECK_INT(bourse__secret_new(&secret, 64), BOURSE_OK);
  CHECK_INT(fate_of_access(secret.data + 63, 1), 0);
  CHECK_INT(fate_of_access(secret.data + 64, 0), SIGSEGV); /* one byte past the end */
  CHECK_INT(fate_of_access(secret.data - 4096, 0), SIGSEGV);
  bourse__secret_free(&secret);
}

TEST(aligned_and_any_size) {
  static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 4095, 4096, 4097, 70000};
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    bourse__secret secret;
    CHECK_INT(bourse__secret_new(&secret, sizes[i]), BOURSE_OK);
    CHECK(secret.data != NULL && (uintptr_t)secret.data % 16 == 0);
    CHECK_INT(secret.size, sizes[i]);
    memset(secret.data, 1, sizes[i]);
    bourse__secret_free(&secret);
  }
}

static void check_wiped(int closed) {
  bourse__secret secret;
  CHECK_INT(bourse__secret_new(&secret, 100), BOURSE_OK);
  memset(secret.data, 0x5A, 100);
  if (closed) CHECK_INT(bourse__secret_close(&secret), BOURSE_OK);
  watched = secret.data;
  watched_size = 100;
  watched_unmapped = watched_dirty = 0;
  bourse__secret_free(&secret);
  CHECK_INT(watched_unmapped, 1);
  CHECK_INT(watched_dirty, 0);
  CHECK(secret.data == NULL && secret.size == 0);
}

TEST(wiped_before_unmapped) {
  if (under_valgrind()) return; /* it calls the system without the program's munmap */
  check_wiped(0);
  check_wiped(1);
}

TEST(the_watch_sees_what_is_not_wiped) {
  uint8_t *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(page != MAP_FAILED);
  page[7] = 1;
  watched = page;
  watched_size = 4096;
  watched_unmapped = watched_dirty = 0;
  munmap(page, 4096);
  CHECK_INT(watched_unmapped, 1);
  CHECK_INT(watched_dirty, 1);
}

TEST(locked_and_not_dumped) {
  char line[512];
  int inside = 0, locked = 0, not_dumped = 0;
  bourse__secret secret;
  struct rlimit limit;
  getrlimit(RLIMIT_MEMLOCK, &limit);
  if (under_valgrind() || UNDER_ASAN || limit.rlim_cur < 65536) return; /* the system or the tool decides otherwise */
  CHECK_INT(bourse__secret_new(&secret, 32), BOURSE_OK);
  FILE *maps = fopen("/proc/self/smaps", "r");
  CHECK(maps != NULL);
  while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
    unsigned long from, to;
    uintptr_t at = (uintptr_t)secret.data;
    if (sscanf(line, "%lx-%lx ", &from, &to) == 2) inside = at >= from && at < to;
    if (inside && strncmp(line, "VmFlags:", 8) == 0) {
      locked = strstr(line, " lo") != NULL;
      not_dumped = strstr(line, " dd") != NULL;
    }
  }
  if (maps != NULL) fclose(maps);
  CHECK(locked);
  CHECK(not_dumped);
  bourse__secret_free(&secret);
}

TEST(nothing_is_freed_quietly) {
  bourse__secret secret = {NULL, 0};
  bourse__secret_free(&secret);
  CHECK(secret.data == NULL);
}

TEST(too_much_is_refused) {
  bourse__secret secret;
  CHECK_INT(bourse__secret_new(&secret, SIZE_MAX - 3), BOURSE_ERROR_MEMORY);
  CHECK(secret.data == NULL);
  CHECK_INT(bourse__secret_new(&secret, SIZE_MAX / 2), BOURSE_ERROR_MEMORY);
  CHECK(secret.data == NULL);
}

TEST_MAIN()
