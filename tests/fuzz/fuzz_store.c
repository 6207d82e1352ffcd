/* fuzz_store.c - what may be found in the file of a journal, through its recovery. The first byte: 1, give up what is
 * damaged; 2, the rest is the file as it stands. Otherwise the rest is a list of what happened to the file: records
 * written whole, bytes changed, the end cut off, sectors that never reached the disk, bytes behind the end.
 *
 * 1. What opens holds what the whole records before the first other bytes say, and nothing else: by a reader of its own.
 * 2. A whole record is never given up unasked: a file with one behind a damaged place is refused, and not changed.
 * 3. Records and a torn end, as a crash leaves them, always open.
 * 4. What opened takes what is put and removed, and opens with it again. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>

#include "require.h"
#include "store/file.h"

#define HEADER     "bourse journal 1\n"
#define HEADER_END (sizeof HEADER - 1)
#define HEAD       32
#define ROOM       (64u << 10)

/* --- A disk of three files --- */

typedef struct disk_file {
  const char *name;
  size_t length;
  int there;
  uint8_t bytes[2 * ROOM];
} disk_file;

static disk_file disk[3];
static const char *const names[3] = {"j", "j.lock", "j.new"};
static int fd_files[16], fd_count; /* descriptor -> file */

static int file_called(const char *path) {
  for (int i = 0; i < 3; i++)
    if (strcmp(names[i], path) == 0) return i;
  abort();
}

static int d_open(void *u, const char *path, int flags) {
  int at = file_called(path);
  (void)u;
  if (!disk[at].there || (flags & O_TRUNC) != 0) disk[at].length = 0;
  disk[at].there = 1;
  REQUIRE(fd_count < 16);
  fd_files[fd_count] = at;
  return fd_count++;
}
static int d_lock(void *u, int fd) { return (void)u, (void)fd, 0; }
static int64_t d_size(void *u, int fd) { return (void)u, (int64_t)disk[fd_files[fd]].length; }
static int64_t d_read(void *u, int fd, void *out, size_t length, int64_t offset) {
  const disk_file *file = &disk[fd_files[fd]];
  size_t left = (size_t)offset < file->length ? file->length - (size_t)offset : 0;
  (void)u;
  if (length > left) length = left;
  memcpy(out, file->bytes + offset, length);
  return (int64_t)length;
}
static int64_t d_write(void *u, int fd, const void *bytes, size_t length, int64_t offset) {
  disk_file *file = &disk[fd_files[fd]];
  (void)u;
  REQUIRE((size_t)offset <= file->length && (size_t)offset + length <= sizeof file->bytes);
  memcpy(file->bytes + offset, bytes, length);
  if ((size_t)offset + length > file->length) file->length = (size_t)offset + length;
  return (int64_t)length;
}
static int d_sync(void *u, int fd) { return (void)u, (void)fd, 0; }
static int d_truncate(void *u, int fd, int64_t length) {
  (void)u;
  REQUIRE((size_t)length <= disk[fd_files[fd]].length);
  disk[fd_files[fd]].length = (size_t)length;
  return 0;
}
static int d_rename(void *u, const char *from, const char *to) {
  int f = file_called(from), t = file_called(to);
  (void)u;
  disk_file *moved = &disk[f], *over = &disk[t];
  memcpy(over->bytes, moved->bytes, moved->length);
  over->length = moved->length;
  moved->there = 0;
  for (int i = 0; i < fd_count; i++)
    if (fd_files[i] == f) fd_files[i] = t;
  return 0;
}
static int d_unlink(void *u, const char *path) {
  int at = file_called(path), was = disk[at].there;
  (void)u;
  disk[at].there = 0;
  errno = ENOENT;
  return was ? 0 : -1;
}
static int d_sync_directory(void *u, const char *path) { return (void)u, (void)path, 0; }
static int d_close(void *u, int fd) { return (void)u, (void)fd, 0; }

static const bourse__store_io io = {NULL,   d_open,     d_lock,   d_size,   d_read,           d_write,
                                    d_sync, d_truncate, d_rename, d_unlink, d_sync_directory, d_close};

/* --- Records, after the page of the format --- */

static void put_u32(uint8_t *out, size_t value) {
  for (int i = 0; i < 4; i++) out[i] = (uint8_t)(value >> (8 * i));
}
static size_t get_u32(const uint8_t *at) {
  return at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 | (size_t)at[3] << 24;
}

/* The two sums of a record: of its head, and of head, key and value. */
static int sums_hold(const uint8_t *record, size_t rest, int whole) {
  uint8_t digest[32], *joined = malloc(16 + rest);
  REQUIRE(joined != NULL);
  memcpy(joined, record, 16);
  memcpy(joined + 16, record + HEAD, rest);
  crypto_hash_sha256(digest, joined, whole ? 16 + rest : 16);
  free(joined);
  return memcmp(digest, record + (whole ? 24 : 16), 8) == 0;
}

static void write_sums(uint8_t *record, size_t rest) {
  uint8_t digest[32], joined[16 + 256];
  REQUIRE(rest <= 256);
  memcpy(joined, record, 16);
  memcpy(joined + 16, record + HEAD, rest);
  crypto_hash_sha256(digest, joined, 16);
  memcpy(record + 16, digest, 8);
  crypto_hash_sha256(digest, joined, 16 + rest);
  memcpy(record + 24, digest, 8);
}

/* Length of the whole record at `at`; 0: there is none. */
static size_t whole_record(const uint8_t *bytes, size_t length, size_t at) {
  if (length - at < HEAD || memcmp(bytes + at, "BREC", 4) != 0) return 0;
  size_t kind = get_u32(bytes + at + 4), key = get_u32(bytes + at + 8), value = get_u32(bytes + at + 12);
  if (kind < 1 || kind > 2 || key < 1 || key > BOURSE_STORE_KEY_MAX || value > length - at - HEAD ||
      key > length - at - HEAD - value)
    return 0;
  return sums_hold(bytes + at, 0, 0) && sums_hold(bytes + at, key + value, 1) ? HEAD + key + value : 0;
}

/* --- What the store should hold --- */

typedef struct row {
  const uint8_t *key, *value;
  size_t key_length, value_length;
} row;

typedef struct model {
  row rows[2048];
  size_t count;
} model;

static void model_remove(model *m, const uint8_t *key, size_t length) {
  for (size_t i = 0; i < m->count; i++)
    if (m->rows[i].key_length == length && memcmp(m->rows[i].key, key, length) == 0) {
      m->rows[i] = m->rows[--m->count];
      return;
    }
}

static void model_put(model *m, const row *added) {
  model_remove(m, added->key, added->key_length);
  REQUIRE(m->count < sizeof m->rows / sizeof m->rows[0]);
  m->rows[m->count++] = *added;
}

/* Reads records until there is none; where that is. */
static size_t model_read(model *m, const uint8_t *bytes, size_t length) {
  size_t at = HEADER_END, size;
  m->count = 0;
  for (; at < length && (size = whole_record(bytes, length, at)) > 0; at += size) {
    row one = {bytes + at + HEAD, NULL, get_u32(bytes + at + 8), get_u32(bytes + at + 12)};
    one.value = one.key + one.key_length;
    if (get_u32(bytes + at + 4) == 1)
      model_put(m, &one);
    else
      model_remove(m, one.key, one.key_length);
  }
  return at;
}

typedef struct comparison {
  const model *expected;
  size_t seen;
} comparison;

static int32_t visit(void *visitor, const char *key, const void *bytes, size_t length) {
  comparison *c = visitor;
  for (size_t i = 0; i < c->expected->count; i++) {
    const row *one = &c->expected->rows[i];
    /* The first bytes do: a key with a NUL in it is told up to there. */
    if (memchr(one->key, 0, one->key_length) == NULL &&
        (strlen(key) != one->key_length || memcmp(one->key, key, one->key_length) != 0))
      continue;
    if (one->value_length != length || (length > 0 && memcmp(one->value, bytes, length) != 0)) continue;
    c->seen++;
    return 0;
  }
  fprintf(stderr, "not expected: %s, %zu bytes\n", key, length);
  abort();
}

static void compare(const bourse_store_file *file, const model *expected) {
  const bourse_store *store = bourse_store_file_store(file);
  comparison c = {expected, 0};
  REQUIRE(store->each(store->user_data, "", visit, &c) == 0);
  REQUIRE(c.seen == expected->count);
}

/* --- What happened to the file --- */

typedef struct script {
  const uint8_t *at, *end;
} script;

static size_t take(script *s, size_t bytes) {
  size_t value = 0;
  for (size_t i = 0; i < bytes && s->at < s->end; i++) value = value << 8 | *s->at++;
  return value;
}

static size_t make_record(uint8_t *out, script *s, size_t kind) {
  size_t key = 1 + take(s, 1) % 40, value = kind == 1 ? take(s, 1) % 200 : 0;
  memcpy(out, "BREC", 4);
  put_u32(out + 4, kind);
  put_u32(out + 8, key);
  put_u32(out + 12, value);
  for (size_t i = 0; i < key; i++) out[HEAD + i] = (uint8_t)('a' + take(s, 1) % 26);
  for (size_t i = 0; i < value; i++) out[HEAD + key + i] = (uint8_t)take(s, 1);
  write_sums(out, key + value);
  return HEAD + key + value;
}

/* The file that comes of it; *crashed: nothing but whole records, and at last a cut or a zeroed end. */
static size_t play(uint8_t *out, script *s, int *crashed) {
  size_t length = HEADER_END, place;
  int harmed = 0;
  memcpy(out, HEADER, HEADER_END);
  *crashed = 1;
  while (s->at < s->end && length + 600 < ROOM) {
    size_t what = take(s, 1) % 8;
    if (harmed) *crashed = 0;
    switch (what) {
      case 3: /* a byte changed */
        out[take(s, 2) % length] ^= (uint8_t)(1 + take(s, 1) % 255);
        harmed = 1, *crashed = 0;
        break;
      case 4: /* the end was never written */
        length = HEADER_END + take(s, 2) % (length - HEADER_END + 1);
        harmed = 1;
        break;
      case 5: /* sectors that are zero */
        place = take(s, 2) % length / 512 * 512;
        for (size_t i = place < HEADER_END ? HEADER_END : place; i < place + 512 && i < length; i++) out[i] = 0;
        harmed = 1, *crashed = 0;
        break;
      case 6: /* anything behind the end */
        for (size_t i = take(s, 1) % 64; i > 0; i--) out[length++] = (uint8_t)take(s, 1);
        harmed = 1, *crashed = 0;
        break;
      default: length += make_record(out + length, s, what == 2 ? 2 : 1);
    }
    if (length < HEADER_END + 1) length = HEADER_END;
  }
  return length;
}

/* --- Opening --- */

static int32_t open_journal(bourse_store_file **file, int32_t cut_damage, int64_t compact_at) {
  bourse_store_file_options options = BOURSE_STORE_FILE_OPTIONS_INIT;
  char message[300] = "";
  options.cut_damage = cut_damage;
  options.message = message;
  options.message_size = sizeof message;
  fd_count = 0;
  int32_t code = bourse__store_file_open(file, "j", &options, &io, compact_at);
  REQUIRE((code == BOURSE_OK) == (*file != NULL));
  REQUIRE(code == BOURSE_OK || (code == BOURSE_ERROR_IO && message[0] != '\0'));
  REQUIRE(code != BOURSE_OK || (bourse_store_file_cut(*file) > 0) == (message[0] != '\0'));
  return code;
}

/* Puts, removes, and opens again. */
static void go_on(bourse_store_file *file, model *m) {
  const bourse_store *store = bourse_store_file_store(file);
  row added = {(const uint8_t *)"added/1", (const uint8_t *)"v\0w", 7, 3}, gone = {NULL, NULL, 0, 0};
  char key[BOURSE_STORE_KEY_MAX + 1] = "";
  if (m->count > 0 && memchr(m->rows[0].key, 0, m->rows[0].key_length) == NULL) gone = m->rows[0];
  memcpy(key, gone.key == NULL ? (const uint8_t *)"" : gone.key, gone.key_length);
  REQUIRE(store->put(store->user_data, "added/1", "v\0w", 3, 1) == 0);
  model_put(m, &added);
  if (gone.key != NULL) {
    REQUIRE(store->remove(store->user_data, key) == 0);
    model_remove(m, gone.key, gone.key_length);
  }
  compare(file, m);
  bourse_store_file_close(file);
  REQUIRE(open_journal(&file, BOURSE_NO, 0) == BOURSE_OK);
  REQUIRE(bourse_store_file_cut(file) == 0);
  compare(file, m);
  bourse_store_file_close(file);
}

static int is_start(const uint8_t *bytes, size_t length) {
  size_t zeros = 0;
  while (zeros < length && bytes[zeros] == 0) zeros++;
  return length < HEADER_END && (memcmp(bytes, HEADER, length) == 0 || zeros == length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static uint8_t before[ROOM]; /* what the model points into */
  static model m;
  bourse_store_file *file;
  int crashed = 0;
  if (size < 1 || size > ROOM / 2) return 0;
  REQUIRE(sodium_init() >= 0);
  script s = {data + 1, data + size};
  size_t length = size - 1;
  if ((data[0] & 2) != 0)
    memcpy(before, data + 1, length);
  else
    length = play(before, &s, &crashed);
  for (int i = 0; i < 3; i++) disk[i].there = 0;
  memcpy(disk[0].bytes, before, length);
  disk[0].length = length;
  disk[0].there = 1;

  int has_header = length >= HEADER_END && memcmp(before, HEADER, HEADER_END) == 0, behind = 0;
  size_t end = has_header ? model_read(&m, before, length) : 0;
  if (!has_header) m.count = 0;
  for (size_t at = end; has_header && at < length && !behind; at++) behind = whole_record(before, length, at) > 0;
  int zeros = length == HEADER_END && before[0] == 0;

  int32_t cut_damage = (data[0] & 1) != 0 ? BOURSE_YES : BOURSE_NO;
  int32_t code = open_journal(&file, cut_damage, (data[0] & 4) != 0 ? 64 : 0);
  if (code != BOURSE_OK) {
    REQUIRE(disk[0].length == length && memcmp(disk[0].bytes, before, length) == 0);
    REQUIRE(!crashed && !is_start(before, length) && !(has_header && cut_damage == BOURSE_YES));
    if (!has_header) return 0;
    REQUIRE(open_journal(&file, BOURSE_YES, 0) == BOURSE_OK);
  } else {
    REQUIRE(has_header || is_start(before, length) || zeros);
    REQUIRE(cut_damage == BOURSE_YES || !behind);
  }
  if (has_header) REQUIRE((size_t)bourse_store_file_cut(file) == length - end);
  compare(file, &m);
  go_on(file, &m);
  return 0;
}
