/* files.h - reading files of tests, and telling what passed. */
#ifndef SUPPORT_FILES_H
#define SUPPORT_FILES_H

#include "support/pool.h"

/* The bytes of a file, unpacked when it is gzipped; NULL (with a line on stderr) when it cannot be read. */
char *read_file(pool *p, const char *path, size_t *length);
/* Names in a folder, sorted, NULL at the end; NULL when it cannot be read. */
char **list_folder(pool *p, const char *path);
int file_exists(const char *path);
/* "a/b" for "a" and "b"; folder part of a path ("." when it has none). */
char *join_path(pool *p, const char *folder, const char *name);
char *folder_of(pool *p, const char *path);
int ends_with(const char *text, const char *end);

/* What a suite counts. */
typedef struct tally {
  int passed, failed, skipped;
} tally;

/* Prints "N passed, N failed, N skipped" and returns the exit status. */
int tally_finish(const tally *t, const char *program);

#endif
