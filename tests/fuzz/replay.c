/* replay.c - a main for any fuzz target, without a fuzzer: feeds it each file named on the command line, and each file
 * of each directory named. Every input is put in a block of exactly its size, so that a read past its end is seen by
 * ASan and valgrind. Exits non-zero when nothing was fed; a target that finds a fault aborts. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int32_t feed_file(const char *path) {
  FILE *file = fopen(path, "rb");
  struct stat info;
  if (file == NULL || fstat(fileno(file), &info) != 0) {
    fprintf(stderr, "%s: cannot be read\n", path);
    exit(2);
  }
  size_t size = (size_t)info.st_size;
  uint8_t *data = malloc(size == 0 ? 1 : size);
  if (data == NULL || fread(data, 1, size, file) != size) {
    fprintf(stderr, "%s: cannot be read\n", path);
    exit(2);
  }
  fclose(file);
  LLVMFuzzerTestOneInput(data, size);
  free(data);
  return 1;
}

static int32_t feed(const char *path) {
  struct stat info;
  if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) return feed_file(path);
  DIR *directory = opendir(path);
  if (directory == NULL) {
    fprintf(stderr, "%s: cannot be read\n", path);
    exit(2);
  }
  int32_t count = 0;
  for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    char name[4096];
    if (entry->d_name[0] == '.') continue;
    snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
    count += feed(name);
  }
  closedir(directory);
  return count;
}

int main(int argc, char **argv) {
  int32_t count = 0;
  for (int i = 1; i < argc; i++) count += feed(argv[i]);
  printf("%s: %d passed, 0 failed\n", argv[0], (int)count); /* a failure aborts */
  return count > 0 ? 0 : 1;
}
