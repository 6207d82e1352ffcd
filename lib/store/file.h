/* store/file.h - the system's calls that the file store makes, behind a table: tests let each of them fail. */
#ifndef STORE_FILE_H
#define STORE_FILE_H

#include <bourse/error.h>
#include <bourse/store.h>

/* All return a negative number for failure, with errno set. Descriptors are the table's own affair. */
typedef struct bourse__store_io {
  void *user_data;
  int (*open)(void *user_data, const char *path, int flags);
  int (*lock)(void *user_data, int fd);
  int64_t (*size)(void *user_data, int fd);
  int64_t (*read)(void *user_data, int fd, void *out, size_t length, int64_t offset);
  int64_t (*write)(void *user_data, int fd, const void *bytes, size_t length, int64_t offset); /* may write less */
  int (*sync)(void *user_data, int fd);
  int (*truncate)(void *user_data, int fd, int64_t length);
  int (*rename)(void *user_data, const char *from, const char *to);
  int (*unlink)(void *user_data, const char *path);
  int (*sync_directory)(void *user_data, const char *path_of_file);
  int (*close)(void *user_data, int fd);
} bourse__store_io;

extern const bourse__store_io bourse__store_system_io;

/* As bourse_store_file_open, through `io` (copied). compact_at: size from which the file is rewritten when most of it is
 * dead; 0: the usual. */
int32_t bourse__store_file_open(bourse_store_file **out, const char *path, const bourse_store_file_options *options,
                                const bourse__store_io *io, int64_t compact_at);

#endif
