/* The file store: what is put comes back after anything that may happen to the process, the disk and the file. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/file.h"
#include "test.h"

static char directory[64];
static char path[96];

static void fresh(void) {
  char command[128];
  if (directory[0] == '\0') {
    snprintf(directory, sizeof directory, "/tmp/bourse-store-XXXXXX");
    if (mkdtemp(directory) == NULL) abort();
    snprintf(path, sizeof path, "%s/orders.journal", directory);
  }
  snprintf(command, sizeof command, "rm -f %s/*", directory);
  if (system(command) != 0) abort();
}

__attribute__((destructor)) static void clean(void) {
  char command[128];
  snprintf(command, sizeof command, "rm -rf %s", directory);
  if (directory[0] != '\0' && system(command) != 0) perror("rm");
}

/* --- A table of calls that fails where it is told to --- */

enum {
  CALL_OPEN,
  CALL_LOCK,
  CALL_SIZE,
  CALL_READ,
  CALL_WRITE,
  CALL_SYNC,
  CALL_TRUNCATE,
  CALL_RENAME,
  CALL_UNLINK,
  CALL_SYNC_DIRECTORY,
  CALLS
};

static struct {
  int calls, fail_at; /* the fail_at-th call fails (from 1); 0: none */
  int fail_after;     /* and so do all behind it */
  int short_writes;   /* write only a part */
  int failed_call;    /* which it was */
  int lose_unsynced;
} plan;

static int fails(int call) {
  plan.calls++;
  if (plan.fail_at == 0 || plan.calls < plan.fail_at || (plan.calls > plan.fail_at && !plan.fail_after)) return 0;
  if (plan.calls == plan.fail_at) plan.failed_call = call;
  errno = call == CALL_WRITE ? ENOSPC : EIO;
  return 1;
}

static const bourse__store_io *real(void) { return &bourse__store_system_io; }

static int t_open(void *u, const char *name, int flags) { return fails(CALL_OPEN) ? -1 : real()->open(u, name, flags); }
static int t_lock(void *u, int fd) { return fails(CALL_LOCK) ? -1 : real()->lock(u, fd); }
static int64_t t_size(void *u, int fd) { return fails(CALL_SIZE) ? -1 : real()->size(u, fd); }
static int64_t t_read(void *u, int fd, void *out, size_t length, int64_t offset) {
  if (fails(CALL_READ)) return -1;
  return real()->read(u, fd, out, plan.short_writes && length > 7 ? 7 : length, offset);
}
static int64_t t_write(void *u, int fd, const void *bytes, size_t length, int64_t offset) {
  if (fails(CALL_WRITE)) {
    real()->write(u, fd, bytes, length / 2, offset); /* half of it is there all the same */
    return -1;
  }
  return real()->write(u, fd, bytes, plan.short_writes && length > 5 ? 5 : length, offset);
}
static int t_sync(void *u, int fd) { return fails(CALL_SYNC) ? -1 : real()->sync(u, fd); }
static int t_truncate(void *u, int fd, int64_t length) {
  return fails(CALL_TRUNCATE) ? -1 : real()->truncate(u, fd, length);
}
static int t_rename(void *u, const char *from, const char *to) {
  return fails(CALL_RENAME) ? -1 : real()->rename(u, from, to);
}
static int t_unlink(void *u, const char *name) { return fails(CALL_UNLINK) ? -1 : real()->unlink(u, name); }
static int t_sync_directory(void *u, const char *name) {
  return fails(CALL_SYNC_DIRECTORY) ? -1 : real()->sync_directory(u, name);
}
static int t_close(void *u, int fd) { return real()->close(u, fd); }

static const bourse__store_io failing = {NULL,   t_open,     t_lock,   t_size,   t_read,           t_write,
                                         t_sync, t_truncate, t_rename, t_unlink, t_sync_directory, t_close};

/* --- Helpers --- */

static int32_t open_it(bourse_store_file **out, char *message, size_t size) {
  bourse_store_file_options options = BOURSE_STORE_FILE_OPTIONS_INIT;
  options.message = message;
  options.message_size = size;
  return bourse_store_file_open(out, path, &options);
}

static int32_t put_text(bourse_store_file *file, const char *key, const char *value, int32_t durable) {
  const bourse_store *store = bourse_store_file_store(file);
  return store->put(store->user_data, key, value, strlen(value), durable);
}

typedef struct found {
  const char *key;
  char value[64];
  int count;
} found;

static int32_t visit(void *visitor, const char *key, const void *bytes, size_t length) {
  found *seen = visitor;
  if (seen->key != NULL && strcmp(seen->key, key) != 0) return 0;
  snprintf(seen->value, sizeof seen->value, "%.*s", (int)length, (const char *)bytes);
  seen->count++;
  return 0;
}

/* The value of a key, "" when it is not there. */
static const char *value_of(bourse_store_file *file, const char *key) {
  static found seen;
  const bourse_store *store = bourse_store_file_store(file);
  seen = (found){.key = key};
  store->each(store->user_data, key, visit, &seen);
  return seen.value;
}

static int count_of(bourse_store_file *file, const char *prefix) {
  found seen = {.key = NULL};
  const bourse_store *store = bourse_store_file_store(file);
  store->each(store->user_data, prefix, visit, &seen);
  return seen.count;
}

static size_t read_file(char *out, size_t size) {
  FILE *in = fopen(path, "rb");
  size_t length = in == NULL ? 0 : fread(out, 1, size, in);
  if (in != NULL) fclose(in);
  return length;
}

static void write_file(const char *bytes, size_t length) {
  FILE *out = fopen(path, "wb");
  if (out == NULL || fwrite(bytes, 1, length, out) != length) abort();
  fclose(out);
}

/* Four keys, one removed again, one written twice; ends of records in `ends`. */
static size_t make_sample(size_t ends[8]) {
  static const char *const steps[][2] = {
      {"order/a/1", "one"}, {"order/a/2", "two"}, {"order/b/3", "three"}, {"order/a/1", "uno"}};
  struct stat status;
  bourse_store_file *file;
  size_t n = 0;
  fresh();
  CHECK_INT(open_it(&file, NULL, 0), BOURSE_OK);
  for (size_t i = 0; i < 4; i++) {
    CHECK_INT(put_text(file, steps[i][0], steps[i][1], i % 2 == 0), BOURSE_OK);
    stat(path, &status);
    ends[n++] = (size_t)status.st_size;
  }
  const bourse_store *store = bourse_store_file_store(file);
  CHECK_INT(store->remove(store->user_data, "order/a/2"), BOURSE_OK);
  stat(path, &status);
  ends[n++] = (size_t)status.st_size;
  bourse_store_file_close(file);
  return n;
}

/* What the file holds once its first `records` records stand. */
static void check_state(bourse_store_file *file, size_t records, size_t at) {
  const char *one = records >= 4 ? "uno" : records >= 1 ? "one" : "";
  const char *two = records >= 5 ? "" : records >= 2 ? "two" : "";
  const char *three = records >= 3 ? "three" : "";
  if (strcmp(value_of(file, "order/a/1"), one) != 0 || strcmp(value_of(file, "order/a/2"), two) != 0 ||
      strcmp(value_of(file, "order/b/3"), three) != 0)
    TEST_FAIL("at %zu with %zu records the values are wrong", at, records);
}

/* --- Tests --- */

TEST(what_is_put_comes_back) {
  bourse_store_file *file;
  size_t ends[8];
  struct stat status;
  CHECK_INT(make_sample(ends), 5);
  CHECK_INT(open_it(&file, NULL, 0), BOURSE_OK);
  check_state(file, 5, 0);
  CHECK_INT(count_of(file, "order/a/"), 1);
  CHECK_INT(count_of(file, ""), 2);
  CHECK_INT(put_text(file, "order/a/2", "", 1), BOURSE_OK); /* an empty value is a value */
  CHECK_INT(count_of(file, "order/a/"), 2);
  CHECK_INT(bourse_store_file_cut(file), 0);
  stat(path, &status);
  CHECK_INT(status.st_mode & 077, 0);
  bourse_store_file_close(file);
}

TEST(bad_arguments_are_refused) {
  bourse_store_file *file = NULL;
  bourse_store_file_options options = BOURSE_STORE_FILE_OPTIONS_INIT;
  char message[200], long_key[600];
  fresh();
  CHECK_INT(bourse_store_file_open(NULL, path, NULL), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_store_file_open(&file, NULL, NULL), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_store_file_open(&file, "", NULL), BOURSE_ERROR_ARGUMENT);
  options.struct_size = 4;
  CHECK_INT(bourse_store_file_open(&file, path, &options), BOURSE_ERROR_STRUCT);
  snprintf(path, sizeof path, "%s/none/orders.journal", directory);
  CHECK_INT(open_it(&file, message, sizeof message), BOURSE_ERROR_IO);
  CHECK(strstr(message, "No such file") != NULL);
  snprintf(path, sizeof path, "%s/orders.journal", directory);
  CHECK_INT(open_it(&file, NULL, 0), BOURSE_OK);
  memset(long_key, 'k', sizeof long_key - 1);
  long_key[sizeof long_key - 1] = '\0';
  CHECK_INT(put_text(file, "", "x", 1), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(put_text(file, long_key, "x", 1), BOURSE_ERROR_ARGUMENT);
  bourse_store_file_close(file);
  bourse_store_file_close(NULL);
  CHECK_INT(bourse_store_file_cut(NULL), 0);
  write_file("something else altogether, and long enough", 42);
  CHECK_INT(open_it(&file, message, sizeof message), BOURSE_ERROR_IO);
  CHECK(strstr(message, "not a journal") != NULL);
}

TEST(a_file_cut_at_any_byte_holds_what_was_whole) {
  char bytes[4096], message[200];
  size_t ends[8], n = make_sample(ends), size = read_file(bytes, sizeof bytes);
  CHECK_INT(size, ends[n - 1]);
  for (size_t cut = 0; cut <= size; cut++) {
    bourse_store_file *file;
    size_t whole = 0;
    write_file(bytes, cut);
    if (open_it(&file, message, sizeof message) != BOURSE_OK) {
      TEST_FAIL("cut at %zu: %s", cut, message);
      continue;
    }
    while (whole < n && ends[whole] <= cut) whole++;
    check_state(file, whole, cut);
    size_t good = whole > 0 ? ends[whole - 1] : strlen("bourse journal 1\n");
    if (cut > good) CHECK_INT(bourse_store_file_cut(file), (int64_t)(cut - good));
    CHECK((bourse_store_file_cut(file) > 0) == (message[0] != '\0'));
    CHECK_INT(put_text(file, "order/c/9", "new", 1), BOURSE_OK);
    bourse_store_file_close(file);
    CHECK_INT(open_it(&file, message, sizeof message), BOURSE_OK);
    check_state(file, whole, cut);
    CHECK_STR(value_of(file, "order/c/9"), "new");
    bourse_store_file_close(file);
  }
}

TEST(a_tail_that_never_reached_the_disk_is_cut) {
  char bytes[8192];
  size_t ends[8], n = make_sample(ends);
  size_t size = read_file(bytes, sizeof bytes);
  bourse_store_file *file;
  for (size_t zeros = 1; zeros < 2000; zeros = zeros * 3 + 1) {
    memset(bytes + size, 0, zeros);
    write_file(bytes, size + zeros);
    CHECK_INT(open_it(&file, NULL, 0), BOURSE_OK);
    check_state(file, n, zeros);
    CHECK_INT(bourse_store_file_cut(file), (int64_t)zeros);
    bourse_store_file_close(file);
  }
  /* A record over several sectors, one of which is zero. */
  char value[2000];
  memset(value, 'v', sizeof value - 1);
  value[sizeof value - 1] = '\0';
  for (size_t sector = size / 512 + 1; sector < 4; sector++) {
    write_file(bytes, size);
    CHECK_INT(open_it(&file, NULL, 0), BOURSE_OK);
    CHECK_INT(put_text(file, "order/a/9", value, 1), BOURSE_OK);
    bourse_store_file_close(file);
    size_t whole = read_file(bytes, sizeof bytes);
    memset(bytes + sector * 512, 0, 512);
    write_file(bytes, whole);
    CHECK_INT(open_it(&file, NULL, 0), BOURSE_OK);
    check_state(file, n, sector);
    CHECK_STR(value_of(file, "order/a/9"), "");
    bourse_store_file_close(file);
  }
}

TEST(one_bit_changed_anywhere_is_told_and_nothing_is_dropped_in_silence) {
  char bytes[4096], message[200], after[4096];
  size_t ends[8], n = make_sample(ends), size = read_file(bytes, sizeof bytes);
  for (size_t bit = 0; bit < size * 8; bit++) {
    bourse_store_file *file;
    size_t at = 0;
    bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << (bit % 8)));
    write_file(bytes, size);
    CHECK_INT(open_it(&file, message, sizeof message), BOURSE_ERROR_IO);
    CHECK(file == NULL);
    while (at < n && ends[at] <= bit / 8) at++;
    if (bit / 8 >= strlen("bourse journal 1\n")) {
      char wanted[64];
      snprintf(wanted, sizeof wanted, "damaged at offset %zu of %zu",
               at > 0 ? ends[at - 1] : strlen("bourse journal 1\n"), size);
      if (strstr(message, wanted) == NULL) TEST_FAIL("bit %zu: \"%s\", expected \"%s\"", bit, message, wanted);
      /* Given up on demand, from there on. */
      bourse_store_file_options options = BOURSE_STORE_FILE_OPTIONS_INIT;
      CHECK_INT(read_file(after, sizeof after), size); /* a refused file is left as it was */
      CHECK(memcmp(after, bytes, size) == 0);
      options.cut_damage = BOURSE_YES;
      CHECK_INT(bourse_store_file_open(&file, path, &options), BOURSE_OK);
      check_state(file, at, bit);
      bourse_store_file_close(file);
    }
    bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << (bit % 8)));
  }
}

TEST(a_second_opener_is_kept_out) {
  bourse_store_file *file, *second;
  char message[200];
  fresh();
  CHECK_INT(open_it(&file, NULL, 0), BOURSE_OK);
  CHECK_INT(open_it(&second, message, sizeof message), BOURSE_ERROR_STATE);
  CHECK(second == NULL);
  CHECK(strstr(message, "in use by another process") != NULL);
  pid_t child = fork();
  if (child == 0) _exit(open_it(&second, NULL, 0) == BOURSE_ERROR_STATE ? 0 : 1);
  int status = -1;
  waitpid(child, &status, 0);
  CHECK_INT(status, 0);
  bourse_store_file_close(file);
  child = fork();
  if (child == 0) {
    /* Dies without closing anything: the lock goes with the process, what was put stays. */
    if (open_it(&file, NULL, 0) == BOURSE_OK) put_text(file, "order/a/1", "child", 0);
    raise(9);
  }
  waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  CHECK_INT(open_it(&file, NULL, 0), BOURSE_OK);
  CHECK_STR(value_of(file, "order/a/1"), "child");
  bourse_store_file_close(file);
}

TEST(writes_may_be_short) {
  bourse_store_file *file;
  fresh();
  memset(&plan, 0, sizeof plan);
  plan.short_writes = 1;
  CHECK_INT(bourse__store_file_open(&file, path, NULL, &failing, 0), BOURSE_OK);
  CHECK_INT(put_text(file, "order/a/1", "a value that takes many writes", 1), BOURSE_OK);
  bourse_store_file_close(file);
  CHECK_INT(bourse__store_file_open(&file, path, NULL, &failing, 0), BOURSE_OK);
  CHECK_STR(value_of(file, "order/a/1"), "a value that takes many writes");
  bourse_store_file_close(file);
}

/* The same work, with the n-th call failing, for every n: what was acknowledged is there afterwards; what was refused may
 * be; nothing else is. */
#define WORK_KEYS   6
#define WORK_ROUNDS 30

/* 1: the call was made, and failed. */
static int work(int fail_at, int fail_after) {
  char acknowledged[WORK_KEYS][16] = {{0}}, tried[WORK_KEYS][16] = {{0}}, message[200];
  int refused[WORK_KEYS] = {0}, syncs_failed = 0;
  bourse_store_file *file = NULL;
  fresh();
  memset(&plan, 0, sizeof plan);
  plan.fail_at = fail_at;
  plan.fail_after = fail_after;
  int32_t opened = bourse__store_file_open(&file, path, NULL, &failing, 300);
  for (int i = 0; opened == BOURSE_OK && i < WORK_ROUNDS; i++) {
    char key[16], value[16];
    snprintf(key, sizeof key, "order/%d", i % WORK_KEYS);
    snprintf(value, sizeof value, "value %d", i);
    int32_t code = put_text(file, key, value, i % 2);
    if (code == BOURSE_OK) CHECK(fail_at == 0 || plan.calls < fail_at || plan.failed_call != CALL_SYNC_DIRECTORY);
    if (code == BOURSE_OK) {
      CHECK(!syncs_failed); /* after a failed flush nothing is taken any more */
      strcpy(acknowledged[i % WORK_KEYS], value);
      refused[i % WORK_KEYS] = 0;
    } else {
      CHECK(bourse_store_file_error(file)[0] != '\0');
      if (!refused[i % WORK_KEYS]) strcpy(tried[i % WORK_KEYS], value); /* those after it never got to the file */
      refused[i % WORK_KEYS] = 1;
      if (plan.failed_call == CALL_SYNC || plan.failed_call == CALL_SYNC_DIRECTORY) syncs_failed = 1;
    }
  }
  int failed_call = plan.failed_call, reached = fail_at > 0 && plan.calls >= fail_at;
  bourse_store_file_close(file);
  memset(&plan, 0, sizeof plan);
  if (bourse__store_file_open(&file, path, NULL, &failing, 300) != BOURSE_OK) {
    open_it(&file, message, sizeof message);
    TEST_FAIL("after failing call %d (%d): %s", fail_at, failed_call, message);
    return reached;
  }
  for (int i = 0; i < WORK_KEYS; i++) {
    char key[16];
    snprintf(key, sizeof key, "order/%d", i);
    const char *value = value_of(file, key);
    if (strcmp(value, acknowledged[i]) != 0 && !(refused[i] && strcmp(value, tried[i]) == 0))
      TEST_FAIL("call %d (%d) failed: %s is \"%s\", acknowledged was \"%s\"", fail_at, failed_call, key, value,
                acknowledged[i]);
  }
  bourse_store_file_close(file);
  return reached;
}

TEST(any_call_may_fail) {
  memset(&plan, 0, sizeof plan);
  work(0, 0);
  work(1000000, 0);
  int n = 1, seen[CALLS] = {0};
  while (work(n, 0) && work(n, 1)) n++;
  CHECK(n > 60);
  /* Every kind of call has had its turn. */
  for (n = 1;; n++) {
    bourse_store_file *file = NULL;
    fresh();
    memset(&plan, 0, sizeof plan);
    plan.fail_at = n;
    plan.failed_call = -1;
    if (bourse__store_file_open(&file, path, NULL, &failing, 300) == BOURSE_OK)
      for (int i = 0; i < WORK_ROUNDS; i++) put_text(file, "order/x", "value", 1);
    bourse_store_file_close(file);
    if (plan.failed_call < 0) break;
    seen[plan.failed_call]++;
  }
  for (int i = 0; i < CALLS; i++)
    if (i != CALL_READ && i != CALL_TRUNCATE) CHECK(seen[i] > 0);
}

TEST(a_failed_flush_is_final_until_opened_again) {
  bourse_store_file *file;
  fresh();
  memset(&plan, 0, sizeof plan);
  CHECK_INT(bourse__store_file_open(&file, path, NULL, &failing, 0), BOURSE_OK);
  CHECK_INT(put_text(file, "order/a/1", "one", 1), BOURSE_OK);
  plan.fail_at = plan.calls + 2; /* the write goes, the flush does not */
  CHECK_INT(put_text(file, "order/a/2", "two", 1), BOURSE_ERROR_IO);
  CHECK_INT(plan.failed_call, CALL_SYNC);
  CHECK(strstr(bourse_store_file_error(file), "until it is opened again") != NULL);
  CHECK_INT(put_text(file, "order/a/3", "three", 1), BOURSE_ERROR_IO);
  CHECK_INT(put_text(file, "order/a/3", "three", 0), BOURSE_ERROR_IO);
  CHECK_STR(value_of(file, "order/a/1"), "one");
  bourse_store_file_close(file);
  CHECK_INT(bourse__store_file_open(&file, path, NULL, &failing, 0), BOURSE_OK);
  CHECK_STR(value_of(file, "order/a/1"), "one");
  CHECK_STR(value_of(file, "order/a/3"), "");
  bourse_store_file_close(file);
}

TEST(half_a_record_does_not_stay_behind_a_shorter_one) {
  bourse_store_file *file;
  char value[400];
  fresh();
  memset(value, 'v', sizeof value - 1);
  value[sizeof value - 1] = '\0';
  memset(&plan, 0, sizeof plan);
  CHECK_INT(bourse__store_file_open(&file, path, NULL, &failing, 0), BOURSE_OK);
  plan.fail_at = plan.calls + 1;
  CHECK_INT(put_text(file, "order/a/1", value, 1), BOURSE_ERROR_IO);
  CHECK(strstr(bourse_store_file_error(file), "No space left") != NULL);
  CHECK_INT(put_text(file, "order/a/2", "short", 1), BOURSE_OK);
  bourse_store_file_close(file);
  CHECK_INT(open_it(&file, NULL, 0), BOURSE_OK);
  CHECK_STR(value_of(file, "order/a/2"), "short");
  CHECK_INT(bourse_store_file_cut(file), 0);
  bourse_store_file_close(file);
}

TEST(an_old_file_is_rewritten_without_what_is_dead) {
  bourse_store_file *file;
  struct stat status;
  fresh();
  CHECK_INT(bourse__store_file_open(&file, path, NULL, &bourse__store_system_io, 2000), BOURSE_OK);
  for (int i = 0; i < 20000; i++) {
    char value[32];
    snprintf(value, sizeof value, "value %d", i);
    CHECK_INT(put_text(file, i % 2 == 0 ? "order/a/1" : "order/a/2", value, 0), BOURSE_OK);
  }
  stat(path, &status);
  CHECK(status.st_size < 2100000);
  CHECK_STR(value_of(file, "order/a/1"), "value 19998");
  bourse_store_file_close(file);
  CHECK_INT(open_it(&file, NULL, 0), BOURSE_OK);
  CHECK_STR(value_of(file, "order/a/2"), "value 19999");
  CHECK_INT(count_of(file, ""), 2);
  bourse_store_file_close(file);
}

TEST(many_keys) {
  bourse_store_file *file;
  char key[32];
  fresh();
  CHECK_INT(open_it(&file, NULL, 0), BOURSE_OK);
  for (int i = 0; i < 5000; i++) {
    snprintf(key, sizeof key, "order/a/%d", i);
    CHECK_INT(put_text(file, key, key, 0), BOURSE_OK);
  }
  const bourse_store *store = bourse_store_file_store(file);
  for (int i = 0; i < 5000; i += 2) {
    snprintf(key, sizeof key, "order/a/%d", i);
    CHECK_INT(store->remove(store->user_data, key), BOURSE_OK);
  }
  bourse_store_file_close(file);
  CHECK_INT(open_it(&file, NULL, 0), BOURSE_OK);
  CHECK_INT(count_of(file, "order/a/"), 2500);
  CHECK_STR(value_of(file, "order/a/4999"), "order/a/4999");
  bourse_store_file_close(file);
}

TEST_MAIN()
