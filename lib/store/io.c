/* store/io.c - the system's calls behind the file store. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/file.h"

static int system_open(void *user_data, const char *path, int flags) {
  (void)user_data;
  return open(path, flags | O_CLOEXEC, 0600);
}

static int system_lock(void *user_data, int fd) {
  (void)user_data;
  return flock(fd, LOCK_EX | LOCK_NB);
}

static int64_t system_size(void *user_data, int fd) {
  struct stat status;
  (void)user_data;
  return fstat(fd, &status) < 0 ? -1 : (int64_t)status.st_size;
}

static int64_t system_read(void *user_data, int fd, void *out, size_t length, int64_t offset) {
  (void)user_data;
  return pread(fd, out, length, (off_t)offset);
}

static int64_t system_write(void *user_data, int fd, const void *bytes, size_t length, int64_t offset) {
  (void)user_data;
  return pwrite(fd, bytes, length, (off_t)offset);
}

static int system_sync(void *user_data, int fd) {
  (void)user_data;
  return fdatasync(fd);
}

static int system_truncate(void *user_data, int fd, int64_t length) {
  (void)user_data;
  return ftruncate(fd, (off_t)length);
}

static int system_rename(void *user_data, const char *from, const char *to) {
  (void)user_data;
  return rename(from, to);
}

static int system_unlink(void *user_data, const char *path) {
  (void)user_data;
  return unlink(path);
}

/* A new name is on the disk only when its directory is. */
static int system_sync_directory(void *user_data, const char *path_of_file) {
  char directory[4096];
  const char *slash = strrchr(path_of_file, '/');
  size_t length = slash == NULL ? 0 : slash == path_of_file ? 1 : (size_t)(slash - path_of_file);
  (void)user_data;
  if (length >= sizeof directory) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(directory, path_of_file, length);
  snprintf(directory + length, sizeof directory - length, "%s", length == 0 ? "." : "");
  int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return -1;
  int result = fsync(fd), error = errno;
  close(fd);
  errno = error;
  return result;
}

static int system_close(void *user_data, int fd) {
  (void)user_data;
  return close(fd);
}

const bourse__store_io bourse__store_system_io = {
    .open = system_open,
    .lock = system_lock,
    .size = system_size,
    .read = system_read,
    .write = system_write,
    .sync = system_sync,
    .truncate = system_truncate,
    .rename = system_rename,
    .unlink = system_unlink,
    .sync_directory = system_sync_directory,
    .close = system_close,
};
