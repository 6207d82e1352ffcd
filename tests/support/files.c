/* files.c */
#include "support/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

char *read_file(pool *p, const char *path, size_t *length) {
  gzFile file = gzopen(path, "rb"); /* reads plain files as they are */
  buffer b = {0};
  char chunk[1 << 14];
  int got;
  if (file == NULL) {
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return NULL;
  }
  while ((got = gzread(file, chunk, sizeof chunk)) > 0) buffer_add(&b, chunk, (size_t)got);
  gzclose(file);
  if (got < 0) {
    fprintf(stderr, "%s: cannot be read or unpacked\n", path);
    buffer_free(&b);
    return NULL;
  }
  char *bytes = pool_copy(p, b.data, b.length);
  *length = b.length;
  buffer_free(&b);
  return bytes;
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

char **list_folder(pool *p, const char *path) {
  DIR *folder = opendir(path);
  struct dirent *entry;
  size_t count = 0, capacity = 16;
  if (folder == NULL) return NULL;
  char **names = pool_alloc(p, capacity * sizeof *names);
  while ((entry = readdir(folder)) != NULL) {
    if (entry->d_name[0] == '.') continue;
    if (count + 1 == capacity) {
      char **more = pool_alloc(p, capacity * 2 * sizeof *more);
      memcpy(more, names, count * sizeof *names);
      names = more;
      capacity *= 2;
    }
    names[count++] = pool_string(p, entry->d_name);
  }
  closedir(folder);
  qsort(names, count, sizeof *names, by_name);
  return names;
}

int file_exists(const char *path) { return access(path, R_OK) == 0; }

char *join_path(pool *p, const char *folder, const char *name) {
  return name[0] == '/' ? pool_string(p, name) : pool_format(p, "%s/%s", folder, name);
}

char *folder_of(pool *p, const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? pool_string(p, ".") : pool_copy(p, path, slash == path ? 1 : (size_t)(slash - path));
}

int ends_with(const char *text, const char *end) {
  size_t length = strlen(text), tail = strlen(end);
  return length >= tail && strcmp(text + length - tail, end) == 0;
}

int tally_finish(const tally *t, const char *program) {
  printf("%s: %d passed, %d failed, %d skipped\n", program, t->passed, t->failed, t->skipped);
  return t->failed == 0 ? 0 : 1;
}
