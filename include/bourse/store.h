/* bourse/store.h - where orders are written down before they are sent: a host's own store, or the file of this library.
 *
 * A store is a table of keys and values. A host with a database implements it with one table (key TEXT PRIMARY KEY,
 * value BLOB); a host without one opens a file:
 *
 *   bourse_store_file *file;
 *   bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
 *   if (bourse_store_file_open(&file, "orders.journal", NULL) != BOURSE_OK) return 1;
 *   options.store = bourse_store_file_store(file);
 *   ...
 *   bourse_context_free(context);
 *   bourse_store_file_close(file);
 *
 * Keys are UTF-8 without control characters, at most BOURSE_STORE_KEY_MAX bytes; values are bytes, most often JSON text.
 * They never hold a secret or an API key. A file belongs to one thread at a time: that of the context that uses it. */
#ifndef BOURSE_STORE_H
#define BOURSE_STORE_H

#include <bourse/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BOURSE_STORE_KEY_MAX 512

/* Called on the context's thread, from inside calls of the library; they must not call back into it. All return 0, or
 * anything else for failure. */
typedef struct bourse_store {
  uint32_t struct_size;
  uint32_t api_version;
  void *user_data;
  /* Makes `bytes` the value of `key`. durable > 0: it is on disk before this returns, and so is everything put before it.
   * Otherwise it may be lost when the machine stops, but not when only the process does. */
  int32_t (*put)(void *user_data, const char *key, const void *bytes, size_t length, int32_t durable);
  /* A key that is not there is no failure. */
  int32_t (*remove)(void *user_data, const char *key);
  /* Calls `visit` for every key that begins with `prefix`, in any order, until it returns non-zero. That value is then
   * returned. `visit` does not change the store. */
  int32_t (*each)(void *user_data, const char *prefix,
                  int32_t (*visit)(void *visitor, const char *key, const void *bytes, size_t length), void *visitor);
} bourse_store;

#define BOURSE_STORE_INIT BOURSE_STAMPED(bourse_store)

/* Zeroes the first `size` bytes of the struct and stamps it. Errors: BOURSE_ERROR_ARGUMENT. Any thread. */
BOURSE_API int32_t bourse_store_init(bourse_store *store, uint32_t size);

/* --- The file ---------------------------------------------------------------------------------------------------------
 * An append-only file of checksummed records; durable ones are flushed to the disk (fdatasync) before put returns. Beside
 * it stand PATH.lock, which keeps a second process out, and for moments PATH.new. What a crash left half written at the end
 * is cut off when the file is opened. After a flush that failed nothing is taken any more until it is opened again:
 * nobody knows what is on the disk then.
 *
 * The file, version 1: the line "bourse journal 1\n", then records. Integers are little-endian.
 *
 *   offset  size
 *        0     4  "BREC"
 *        4     4  kind: 1 put, 2 remove
 *        8     4  k, bytes of the key
 *       12     4  v, bytes of the value
 *       16     8  the first bytes of SHA-256 over these 16
 *       24     8  the first bytes of SHA-256 over these 16, the key and the value
 *       32     k  key
 *   32 + k     v  value */

typedef struct bourse_store_file bourse_store_file;

typedef struct bourse_store_file_options {
  uint32_t struct_size;
  uint32_t api_version;
  int32_t
      cut_damage; /* yes: everything from the first damaged record on is given up. Otherwise such a file is refused */
  int32_t reserved;
  char *message; /* room for a sentence: why opening failed, or what was cut off; may be NULL */
  size_t message_size;
} bourse_store_file_options;

#define BOURSE_STORE_FILE_OPTIONS_INIT BOURSE_STAMPED(bourse_store_file_options)

/* Zeroes the first `size` bytes of the struct and stamps it. Errors: BOURSE_ERROR_ARGUMENT. Any thread. */
BOURSE_API int32_t bourse_store_file_options_init(bourse_store_file_options *options, uint32_t size);

/* Opens the file, or makes it (readable by its owner only). Errors: BOURSE_ERROR_ARGUMENT, _STRUCT, _STATE (another process,
 * or another handle in this one, has it open), _IO (the message tells what failed, or the offset at which the file is
 * damaged), _MEMORY. */
BOURSE_API int32_t bourse_store_file_open(bourse_store_file **out, const char *path,
                                          const bourse_store_file_options *options);

/* What goes into bourse_context_options.store. Borrowed; lives as long as the file is open. */
BOURSE_API const bourse_store *bourse_store_file_store(const bourse_store_file *file);

/* What went wrong last, "" when nothing did. Borrowed until the next call. */
BOURSE_API const char *bourse_store_file_error(const bourse_store_file *file);

/* Returns the bytes cut off when it was opened, because a crash had left them half written (or cut_damage said so). */
BOURSE_API int64_t bourse_store_file_cut(const bourse_store_file *file);

/* Closes; NULL is fine. Contexts that use it must be freed before. */
BOURSE_API void bourse_store_file_close(bourse_store_file *file);

#ifdef __cplusplus
}
#endif
#endif
