/* store/file.c - the file store: append-only, checksummed, flushed where asked for. Its format is in bourse/store.h.
 *
 * All values are in memory too. What is on the disk is only read when the file is opened. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "store/file.h"

#define HEADER        "bourse journal 1\n"
#define HEADER_LENGTH ((int64_t)sizeof HEADER - 1)
#define RECORD_HEAD   32
#define SUM_LENGTH    8
#define VALUE_MAX     (16u << 20)
#define FILE_MAX      (INT64_C(1) << 31)
#define COMPACT_AT    (INT64_C(1) << 20)
#define SECTOR        512 /* what a disk writes whole or not at all */

enum { KIND_PUT = 1, KIND_REMOVE = 2 };

typedef struct entry {
  struct entry *next;
  uint32_t hash;
  uint32_t key_length;
  uint32_t value_length;
  char bytes[]; /* key, NUL, value */
} entry;

struct bourse_store_file {
  bourse_store store;
  bourse__store_io io;
  char *path;
  char *new_path;
  int fd;
  int lock_fd;
  int64_t end;  /* of the last whole record */
  int64_t live; /* bytes that a rewritten file would have */
  int64_t compact_at;
  int64_t cut;
  int32_t broken;
  uint32_t count;
  uint32_t slot_mask;
  entry **slots;
  char *buffer; /* the record being written */
  size_t buffer_size;
  char error[256];
};

static const bourse_allocator *const allocator = &bourse__default_allocator;

static int32_t fail(bourse_store_file *file, int32_t code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int32_t fail(bourse_store_file *file, int32_t code, const char *format, ...) {
  va_list list;
  va_start(list, format);
  vsnprintf(file->error, sizeof file->error, format, list);
  va_end(list);
  return code;
}

static int32_t fail_system(bourse_store_file *file, const char *what) {
  return fail(file, BOURSE_ERROR_IO, "%s could not be %s: %s", file->path, what, strerror(errno));
}

/* --- Records --- */

static void store_u32(uint8_t *out, uint32_t value) {
  for (int i = 0; i < 4; i++) out[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t load_u32(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static void sum(uint8_t out[SUM_LENGTH], const uint8_t *head, const void *rest, size_t length) {
  crypto_hash_sha256_state state;
  uint8_t whole[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_init(&state);
  crypto_hash_sha256_update(&state, head, 16);
  if (length > 0) crypto_hash_sha256_update(&state, rest, length);
  crypto_hash_sha256_final(&state, whole);
  memcpy(out, whole, SUM_LENGTH);
}

static int64_t record_size(size_t key_length, size_t value_length) {
  return (int64_t)(RECORD_HEAD + key_length + value_length);
}

static void write_record(uint8_t *out, uint32_t kind, const char *key, size_t key_length, const void *value,
                         size_t value_length) {
  memcpy(out, "BREC", 4);
  store_u32(out + 4, kind);
  store_u32(out + 8, (uint32_t)key_length);
  store_u32(out + 12, (uint32_t)value_length);
  sum(out + 16, out, NULL, 0);
  memcpy(out + RECORD_HEAD, key, key_length);
  if (value_length > 0) memcpy(out + RECORD_HEAD + key_length, value, value_length);
  sum(out + 24, out, out + RECORD_HEAD, key_length + value_length);
}

/* --- The table in memory --- */

static uint32_t hash_of(const char *key, size_t length) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)key[i]) * 16777619u;
  return hash ^ (hash >> 15);
}

static entry **find(bourse_store_file *file, const char *key, size_t length) {
  uint32_t hash = hash_of(key, length);
  entry **at = &file->slots[hash & file->slot_mask];
  while (*at != NULL && ((*at)->hash != hash || (*at)->key_length != length || memcmp((*at)->bytes, key, length) != 0))
    at = &(*at)->next;
  return at;
}

static void grow_slots(bourse_store_file *file) {
  uint32_t mask = file->slot_mask * 2 + 1;
  entry **slots = bourse__alloc(allocator, ((size_t)mask + 1) * sizeof *slots);
  if (slots == NULL) return; /* slower, but right */
  for (uint32_t i = 0; i <= file->slot_mask; i++)
    for (entry *each = file->slots[i], *next; each != NULL; each = next) {
      next = each->next;
      each->next = slots[each->hash & mask];
      slots[each->hash & mask] = each;
    }
  bourse__release(allocator, file->slots);
  file->slots = slots;
  file->slot_mask = mask;
}

static entry *make_entry(const char *key, size_t key_length, const void *value, size_t value_length) {
  entry *made = bourse__alloc(allocator, sizeof *made + key_length + 1 + value_length);
  if (made == NULL) return NULL;
  made->hash = hash_of(key, key_length);
  made->key_length = (uint32_t)key_length;
  made->value_length = (uint32_t)value_length;
  memcpy(made->bytes, key, key_length);
  if (value_length > 0) memcpy(made->bytes + key_length + 1, value, value_length);
  return made;
}

static void drop(bourse_store_file *file, const char *key, size_t length) {
  entry **at = find(file, key, length), *old = *at;
  if (old == NULL) return;
  *at = old->next;
  file->live -= record_size(old->key_length, old->value_length);
  file->count--;
  bourse__release(allocator, old);
}

static void take(bourse_store_file *file, entry *made) {
  drop(file, made->bytes, made->key_length);
  if (file->count > file->slot_mask) grow_slots(file);
  entry **slot = &file->slots[made->hash & file->slot_mask];
  made->next = *slot;
  *slot = made;
  file->live += record_size(made->key_length, made->value_length);
  file->count++;
}

/* --- Writing --- */

static int32_t write_all(bourse_store_file *file, int fd, const void *bytes, size_t length, int64_t offset) {
  const char *at = bytes;
  while (length > 0) {
    int64_t written = file->io.write(file->io.user_data, fd, at, length, offset);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      if (written == 0) errno = ENOSPC;
      return -1;
    }
    at += written;
    offset += written;
    length -= (size_t)written;
  }
  return 0;
}

static int32_t break_down(bourse_store_file *file, const char *what) {
  file->broken = 1;
  return fail(file, BOURSE_ERROR_IO, "%s could not be %s: %s; nothing is taken until it is opened again", file->path,
              what, strerror(errno));
}

static uint8_t *room_for(bourse_store_file *file, size_t size) {
  if (size <= file->buffer_size) return (uint8_t *)file->buffer;
  char *more = bourse__realloc(allocator, file->buffer, size * 2);
  if (more == NULL) return NULL;
  file->buffer = more;
  file->buffer_size = size * 2;
  return (uint8_t *)more;
}

static int32_t append(bourse_store_file *file, uint32_t kind, const char *key, size_t key_length, const void *value,
                      size_t value_length, int32_t durable) {
  size_t size = (size_t)record_size(key_length, value_length);
  uint8_t *record = room_for(file, size);
  if (record == NULL) return fail(file, BOURSE_ERROR_MEMORY, "out of memory");
  if (file->end + (int64_t)size > FILE_MAX) return fail(file, BOURSE_ERROR_IO, "%s is full", file->path);
  write_record(record, kind, key, key_length, value, value_length);
  if (write_all(file, file->fd, record, size, file->end) < 0) {
    int error = errno;
    /* Half a record in the middle would be damage to whoever opens the file. */
    if (file->io.truncate(file->io.user_data, file->fd, file->end) < 0)
      return break_down(file, "repaired after a failed write");
    errno = error;
    return fail_system(file, "written");
  }
  file->end += (int64_t)size;
  if (durable > 0 && file->io.sync(file->io.user_data, file->fd) < 0) return break_down(file, "flushed to the disk");
  return BOURSE_OK;
}

/* --- Rewriting --- */

static int32_t write_live(bourse_store_file *file, int fd, int64_t *end) {
  *end = HEADER_LENGTH;
  if (write_all(file, fd, HEADER, (size_t)HEADER_LENGTH, 0) < 0) return -1;
  for (uint32_t i = 0; i <= file->slot_mask; i++)
    for (const entry *each = file->slots[i]; each != NULL; each = each->next) {
      size_t size = (size_t)record_size(each->key_length, each->value_length);
      uint8_t *record = room_for(file, size);
      if (record == NULL) return -1;
      write_record(record, KIND_PUT, each->bytes, each->key_length, each->bytes + each->key_length + 1,
                   each->value_length);
      if (write_all(file, fd, record, size, *end) < 0) return -1;
      *end += (int64_t)size;
    }
  return file->io.sync(file->io.user_data, fd);
}

/* Replaces the file by one of what is live. When that fails before the new file has the name, the old one goes on. */
static int32_t compact(bourse_store_file *file) {
  int64_t end = 0;
  int fd = file->io.open(file->io.user_data, file->new_path, O_RDWR | O_CREAT | O_TRUNC);
  file->compact_at = file->end * 2;
  if (fd < 0) return BOURSE_OK;
  if (write_live(file, fd, &end) < 0 || file->io.rename(file->io.user_data, file->new_path, file->path) < 0) {
    file->io.close(file->io.user_data, fd);
    file->io.unlink(file->io.user_data, file->new_path);
    return BOURSE_OK;
  }
  file->io.close(file->io.user_data, file->fd);
  file->fd = fd;
  file->end = end;
  file->compact_at = end * 2 < COMPACT_AT ? COMPACT_AT : end * 2;
  /* The name may still be the old file's after a power cut: then what comes now would be lost. */
  if (file->io.sync_directory(file->io.user_data, file->path) < 0) return break_down(file, "renamed for good");
  return BOURSE_OK;
}

static int32_t tidy(bourse_store_file *file) {
  if (file->end < file->compact_at || file->live * 2 > file->end) return BOURSE_OK;
  return compact(file);
}

/* --- The store's functions --- */

static size_t key_length_of(bourse_store_file *file, const char *key) {
  size_t length = key == NULL ? 0 : strnlen(key, BOURSE_STORE_KEY_MAX + 1);
  if (length == 0 || length > BOURSE_STORE_KEY_MAX) {
    fail(file, BOURSE_ERROR_ARGUMENT, "a key has 1 to %d bytes", BOURSE_STORE_KEY_MAX);
    return 0;
  }
  return length;
}

static int32_t put(void *user_data, const char *key, const void *bytes, size_t length, int32_t durable) {
  bourse_store_file *file = user_data;
  size_t key_length = key_length_of(file, key);
  if (key_length == 0) return BOURSE_ERROR_ARGUMENT;
  if (file->broken) return BOURSE_ERROR_IO;
  if (length > VALUE_MAX || (bytes == NULL && length > 0))
    return fail(file, BOURSE_ERROR_ARGUMENT, "a value has at most %u bytes", VALUE_MAX);
  entry *made = make_entry(key, key_length, bytes, length);
  if (made == NULL) return fail(file, BOURSE_ERROR_MEMORY, "out of memory");
  int32_t code = append(file, KIND_PUT, key, key_length, bytes, length, durable);
  if (code != BOURSE_OK) {
    bourse__release(allocator, made);
    return code;
  }
  take(file, made);
  return tidy(file);
}

static int32_t remove_key(void *user_data, const char *key) {
  bourse_store_file *file = user_data;
  size_t key_length = key_length_of(file, key);
  if (key_length == 0) return BOURSE_ERROR_ARGUMENT;
  if (*find(file, key, key_length) == NULL) return BOURSE_OK;
  if (file->broken) return BOURSE_ERROR_IO;
  int32_t code = append(file, KIND_REMOVE, key, key_length, NULL, 0, 0);
  if (code != BOURSE_OK) return code;
  drop(file, key, key_length);
  return tidy(file);
}

static int32_t each(void *user_data, const char *prefix,
                    int32_t (*visit)(void *visitor, const char *key, const void *bytes, size_t length), void *visitor) {
  bourse_store_file *file = user_data;
  size_t length = prefix == NULL ? 0 : strlen(prefix);
  for (uint32_t i = 0; i <= file->slot_mask; i++)
    for (const entry *at = file->slots[i]; at != NULL; at = at->next) {
      if (at->key_length < length || (length > 0 && memcmp(at->bytes, prefix, length) != 0)) continue;
      int32_t stop = visit(visitor, at->bytes, at->bytes + at->key_length + 1, at->value_length);
      if (stop != 0) return stop;
    }
  return 0;
}

/* --- Opening --- */

/* Size of the record at `offset`; 0: there is no whole and true record. *head_well: its lengths can be relied upon. */
static int64_t check_record(const uint8_t *bytes, int64_t size, int64_t offset, int32_t *head_well) {
  const uint8_t *record = bytes + offset;
  uint8_t expected[SUM_LENGTH];
  *head_well = 0;
  if (size - offset < RECORD_HEAD || memcmp(record, "BREC", 4) != 0) return 0;
  sum(expected, record, NULL, 0);
  if (memcmp(expected, record + 16, SUM_LENGTH) != 0) return 0;
  uint32_t kind = load_u32(record + 4), key = load_u32(record + 8), value = load_u32(record + 12);
  if ((kind != KIND_PUT && kind != KIND_REMOVE) || key == 0 || key > BOURSE_STORE_KEY_MAX || value > VALUE_MAX)
    return 0;
  *head_well = 1;
  int64_t whole = record_size(key, value);
  if (whole > size - offset) return 0;
  sum(expected, record, record + RECORD_HEAD, (size_t)key + value);
  return memcmp(expected, record + 24, SUM_LENGTH) == 0 ? whole : 0;
}

static int32_t is_zero(const uint8_t *bytes, int64_t from, int64_t to) {
  while (from < to && bytes[from] == 0) from++;
  return from >= to;
}

/* Whether [from, size) holds what a crash leaves: a record cut short, or with sectors that never reached the disk and are
 * zero. Anything else was whole once, and has been changed since. */
static int32_t is_torn(const uint8_t *bytes, int64_t from, int64_t size) {
  int32_t head_well;
  check_record(bytes, size, from, &head_well);
  if (size - from < RECORD_HEAD) {
    /* A head cut short begins as a head does; one that was changed as well is still too short to be a whole record. */
    return memcmp(bytes + from, "BREC", size - from < 4 ? (size_t)(size - from) : 4) == 0 || is_zero(bytes, from, size);
  }
  if (head_well) {
    int64_t whole = record_size(load_u32(bytes + from + 8), load_u32(bytes + from + 12));
    if (whole > size - from) return 1;
    if (whole < size - from) return 0; /* something follows that was written later */
  }
  for (int64_t at = from; at < size; at = (at / SECTOR + 1) * SECTOR) {
    int64_t to = (at / SECTOR + 1) * SECTOR < size ? (at / SECTOR + 1) * SECTOR : size;
    if (to - at >= 4 && is_zero(bytes, at, to)) return 1; /* a true record has no four zeros in a row */
  }
  return 0;
}

/* 1 when a whole record begins anywhere behind `from`. */
static int32_t more_follows(const uint8_t *bytes, int64_t from, int64_t size) {
  int32_t head_well;
  for (int64_t at = from + 1; at + RECORD_HEAD <= size; at++)
    if (bytes[at] == 'B' && check_record(bytes, size, at, &head_well) > 0) return 1;
  return 0;
}

static int32_t apply(bourse_store_file *file, const uint8_t *record) {
  size_t key = load_u32(record + 8), value = load_u32(record + 12);
  const char *text = (const char *)record + RECORD_HEAD;
  if (load_u32(record + 4) == KIND_REMOVE) {
    drop(file, text, key);
    return BOURSE_OK;
  }
  entry *made = make_entry(text, key, text + key, value);
  if (made == NULL) return fail(file, BOURSE_ERROR_MEMORY, "out of memory");
  take(file, made);
  return BOURSE_OK;
}

static int32_t parse(bourse_store_file *file, const uint8_t *bytes, int64_t size, int32_t cut_damage) {
  int32_t head_well, code = BOURSE_OK;
  int64_t at = HEADER_LENGTH;
  while (at < size && code == BOURSE_OK) {
    int64_t whole = check_record(bytes, size, at, &head_well);
    if (whole == 0) break;
    code = apply(file, bytes + at);
    at += whole;
  }
  if (code != BOURSE_OK) return code;
  if (at < size && !cut_damage && (!is_torn(bytes, at, size) || more_follows(bytes, at, size)))
    return fail(file, BOURSE_ERROR_IO,
                "%s is damaged at offset %" PRId64 " of %" PRId64
                "; it was not changed (cut_damage gives up what is behind)",
                file->path, at, size);
  file->end = at;
  file->cut = size - at;
  return BOURSE_OK;
}

static int32_t start_empty(bourse_store_file *file) {
  if (file->io.truncate(file->io.user_data, file->fd, 0) < 0) return fail_system(file, "emptied");
  if (write_all(file, file->fd, HEADER, (size_t)HEADER_LENGTH, 0) < 0) return fail_system(file, "written");
  file->end = HEADER_LENGTH;
  return BOURSE_OK;
}

/* Of a file that was being made when a crash came there may be a part of the first line, or zeros. */
static int32_t is_beginning(const uint8_t *bytes, int64_t size) {
  return size <= HEADER_LENGTH && (memcmp(bytes, HEADER, (size_t)size) == 0 || is_zero(bytes, 0, size));
}

static int32_t read_all(bourse_store_file *file, uint8_t **out, int64_t *size) {
  *size = file->io.size(file->io.user_data, file->fd);
  if (*size < 0) return fail_system(file, "read");
  if (*size > FILE_MAX) return fail(file, BOURSE_ERROR_IO, "%s is larger than a journal may be", file->path);
  *out = bourse__alloc(allocator, (size_t)*size + 1);
  if (*out == NULL) return fail(file, BOURSE_ERROR_MEMORY, "out of memory");
  for (int64_t at = 0; at < *size;) {
    int64_t got = file->io.read(file->io.user_data, file->fd, *out + at, (size_t)(*size - at), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_system(file, "read");
    if (got == 0) return fail(file, BOURSE_ERROR_IO, "%s became shorter while it was read", file->path);
    at += got;
  }
  return BOURSE_OK;
}

static int32_t load(bourse_store_file *file, int32_t cut_damage) {
  uint8_t *bytes = NULL;
  int64_t size = 0;
  int32_t code = read_all(file, &bytes, &size);
  if (code == BOURSE_OK) {
    if (is_beginning(bytes, size) && size != HEADER_LENGTH)
      code = start_empty(file);
    else if (size < HEADER_LENGTH || memcmp(bytes, HEADER, (size_t)HEADER_LENGTH) != 0)
      code = is_beginning(bytes, size)
                 ? start_empty(file)
                 : fail(file, BOURSE_ERROR_IO, "%s is not a journal of this library (version 1)", file->path);
    else
      code = parse(file, bytes, size, cut_damage);
  }
  bourse__release(allocator, bytes);
  if (code != BOURSE_OK) return code;
  if (file->cut > 0 && file->io.truncate(file->io.user_data, file->fd, file->end) < 0) return fail_system(file, "cut");
  /* What was read is what is relied upon from now on: it has to be on the disk, and under its name. */
  if (file->io.sync(file->io.user_data, file->fd) < 0) return fail_system(file, "flushed to the disk");
  if (file->io.sync_directory(file->io.user_data, file->path) < 0) return fail_system(file, "entered in its directory");
  return BOURSE_OK;
}

static char *join(const char *path, const char *suffix) {
  size_t length = strlen(path), more = strlen(suffix);
  char *joined = bourse__alloc(allocator, length + more + 1);
  if (joined == NULL) return NULL;
  memcpy(joined, path, length);
  memcpy(joined + length, suffix, more);
  return joined;
}

static int32_t lock(bourse_store_file *file) {
  char *path = join(file->path, ".lock");
  if (path == NULL) return fail(file, BOURSE_ERROR_MEMORY, "out of memory");
  file->lock_fd = file->io.open(file->io.user_data, path, O_RDWR | O_CREAT);
  bourse__release(allocator, path);
  if (file->lock_fd < 0) return fail_system(file, "locked");
  if (file->io.lock(file->io.user_data, file->lock_fd) == 0) return BOURSE_OK;
  if (errno != EWOULDBLOCK) return fail_system(file, "locked");
  return fail(file, BOURSE_ERROR_STATE, "%s is in use by another process; each needs a journal of its own", file->path);
}

static int32_t open_parts(bourse_store_file *file, const char *path, int32_t cut_damage) {
  file->path = join(path, "");
  file->new_path = join(path, ".new");
  file->slot_mask = 255;
  file->slots = bourse__alloc(allocator, ((size_t)file->slot_mask + 1) * sizeof *file->slots);
  if (file->path == NULL || file->new_path == NULL || file->slots == NULL)
    return fail(file, BOURSE_ERROR_MEMORY, "out of memory");
  int32_t code = lock(file);
  if (code != BOURSE_OK) return code;
  if (file->io.unlink(file->io.user_data, file->new_path) < 0 && errno != ENOENT) return fail_system(file, "tidied up");
  file->fd = file->io.open(file->io.user_data, file->path, O_RDWR | O_CREAT);
  if (file->fd < 0) return fail_system(file, "opened");
  file->live = HEADER_LENGTH;
  code = load(file, cut_damage);
  return code == BOURSE_OK ? tidy(file) : code;
}

static int32_t copy_options(bourse_store_file_options *out, const bourse_store_file_options *given) {
  static const bourse_store_file_options defaults = BOURSE_STORE_FILE_OPTIONS_INIT;
  *out = defaults;
  if (given == NULL) return BOURSE_OK;
  size_t size = given->struct_size;
  if (size < offsetof(bourse_store_file_options, cut_damage) || given->api_version != BOURSE_API_VERSION)
    return BOURSE_ERROR_STRUCT;
  for (size_t i = sizeof *out; i < size; i++)
    if (((const char *)given)[i] != 0) return BOURSE_ERROR_STRUCT;
  memcpy(out, given, size < sizeof *out ? size : sizeof *out);
  return BOURSE_OK;
}

static void say(const bourse_store_file_options *options, const char *text) {
  if (options->message != NULL && options->message_size > 0)
    snprintf(options->message, options->message_size, "%s", text);
}

int32_t bourse__store_file_open(bourse_store_file **out, const char *path, const bourse_store_file_options *given,
                                const bourse__store_io *io, int64_t compact_at) {
  bourse_store_file_options options;
  char text[160];
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  *out = NULL;
  int32_t code = copy_options(&options, given);
  if (code != BOURSE_OK) return code;
  say(&options, "");
  if (path == NULL || path[0] == '\0' || options.cut_damage < BOURSE_NO || options.cut_damage > BOURSE_YES) {
    say(&options, "a journal needs a path");
    return BOURSE_ERROR_ARGUMENT;
  }
  if (sodium_init() < 0) return BOURSE_ERROR_CRYPTO;
  bourse_store_file *file = bourse__alloc(allocator, sizeof *file);
  if (file == NULL) return BOURSE_ERROR_MEMORY;
  file->io = *io;
  file->fd = file->lock_fd = -1;
  file->compact_at = compact_at == 0 ? COMPACT_AT : compact_at;
  file->store = (bourse_store)BOURSE_STORE_INIT;
  file->store.user_data = file;
  file->store.put = put;
  file->store.remove = remove_key;
  file->store.each = each;
  code = open_parts(file, path, options.cut_damage > 0);
  if (code != BOURSE_OK) {
    say(&options, file->error);
    bourse_store_file_close(file);
    return code;
  }
  if (file->cut > 0) {
    snprintf(text, sizeof text, "%" PRId64 " bytes at the end were %s and are cut off", file->cut,
             options.cut_damage > 0 ? "damaged or half written" : "half written");
    say(&options, text);
  }
  *out = file;
  return BOURSE_OK;
}

int32_t bourse_store_file_open(bourse_store_file **out, const char *path, const bourse_store_file_options *options) {
  return bourse__store_file_open(out, path, options, &bourse__store_system_io, 0);
}

const bourse_store *bourse_store_file_store(const bourse_store_file *file) {
  return file == NULL ? NULL : &file->store;
}

const char *bourse_store_file_error(const bourse_store_file *file) { return file == NULL ? "" : file->error; }

int64_t bourse_store_file_cut(const bourse_store_file *file) { return file == NULL ? 0 : file->cut; }

void bourse_store_file_close(bourse_store_file *file) {
  if (file == NULL) return;
  if (file->fd >= 0) file->io.close(file->io.user_data, file->fd);
  if (file->lock_fd >= 0) file->io.close(file->io.user_data, file->lock_fd);
  for (uint32_t i = 0; file->slots != NULL && i <= file->slot_mask; i++)
    for (entry *at = file->slots[i], *next; at != NULL; at = next) {
      next = at->next;
      bourse__release(allocator, at);
    }
  bourse__release(allocator, file->slots);
  bourse__release(allocator, file->buffer);
  bourse__release(allocator, file->path);
  bourse__release(allocator, file->new_path);
  bourse__release(allocator, file);
}

static int32_t init_stamped(void *out, uint32_t size) {
  uint32_t stamp[2] = {size, BOURSE_API_VERSION};
  if (out == NULL || size < sizeof stamp) return BOURSE_ERROR_ARGUMENT;
  memset(out, 0, size);
  memcpy(out, stamp, sizeof stamp);
  return BOURSE_OK;
}

int32_t bourse_store_init(bourse_store *store, uint32_t size) { return init_stamped(store, size); }

int32_t bourse_store_file_options_init(bourse_store_file_options *options, uint32_t size) {
  return init_stamped(options, size);
}
