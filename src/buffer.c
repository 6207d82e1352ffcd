/* buffer.c - memory, growing text, files and UTF-8. */
#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int memory_exit = CLI_LOCAL;

void cli_set_memory_exit(int code) { memory_exit = code; }

void cli_no_memory(void) {
  fputs("bourse: memory is out\n", stderr);
  if (memory_exit == CLI_UNKNOWN)
    fputs("bourse: what was asked for may have been done; look before you repeat it\n", stderr);
  exit(memory_exit);
}

void *cli_alloc(size_t size) {
  void *memory = calloc(1, size > 0 ? size : 1);
  if (memory == NULL) cli_no_memory();
  return memory;
}

void *cli_grow(void *memory, size_t size) {
  memory = realloc(memory, size > 0 ? size : 1);
  if (memory == NULL) cli_no_memory();
  return memory;
}

char *cli_copy_bytes(const char *text, size_t length) {
  char *copy = cli_alloc(length + 1);
  if (length > 0) memcpy(copy, text, length);
  return copy;
}

char *cli_copy(const char *text) { return cli_copy_bytes(text, strlen(text)); }

static void add_list(cli_buffer *buffer, const char *format, va_list list) {
  va_list again;
  va_copy(again, list);
  int length = vsnprintf(NULL, 0, format, list);
  if (length > 0) {
    char *text = cli_alloc((size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    cli_add_bytes(buffer, text, (size_t)length);
    free(text);
  }
  va_end(again);
}

char *cli_format(const char *format, ...) {
  cli_buffer buffer = {0};
  va_list list;
  va_start(list, format);
  add_list(&buffer, format, list);
  va_end(list);
  return buffer.data != NULL ? buffer.data : cli_copy("");
}

void cli_add_bytes(cli_buffer *buffer, const char *bytes, size_t length) {
  if (length >= buffer->capacity - buffer->length) {
    size_t capacity = buffer->capacity > 0 ? buffer->capacity : 64;
    while (capacity - buffer->length <= length) {
      if (capacity > SIZE_MAX / 2) cli_no_memory();
      capacity *= 2;
    }
    /* A fresh block and a wipe, not realloc: the text may hold keys. */
    char *data = cli_alloc(capacity);
    if (buffer->length > 0) memcpy(data, buffer->data, buffer->length);
    if (buffer->data != NULL) bourse_wipe(buffer->data, buffer->capacity);
    free(buffer->data);
    buffer->data = data;
    buffer->capacity = capacity;
  }
  if (length > 0) memcpy(buffer->data + buffer->length, bytes, length);
  buffer->length += length;
  buffer->data[buffer->length] = '\0';
}

void cli_add(cli_buffer *buffer, const char *text) { cli_add_bytes(buffer, text, strlen(text)); }

void cli_add_char(cli_buffer *buffer, char c) { cli_add_bytes(buffer, &c, 1); }

void cli_add_format(cli_buffer *buffer, const char *format, ...) {
  va_list list;
  va_start(list, format);
  add_list(buffer, format, list);
  va_end(list);
}

void cli_free_buffer(cli_buffer *buffer) {
  if (buffer->data != NULL) bourse_wipe(buffer->data, buffer->capacity);
  free(buffer->data);
  memset(buffer, 0, sizeof *buffer);
}

size_t cli_utf8(const char *text, size_t length, uint32_t *code) {
  const unsigned char *s = (const unsigned char *)text;
  if (length == 0) return 0;
  if (s[0] < 0x80) {
    *code = s[0];
    return 1;
  }
  size_t size = s[0] >= 0xf0 && s[0] <= 0xf4   ? 4
                : s[0] >= 0xe0 && s[0] <= 0xef ? 3
                : s[0] >= 0xc2 && s[0] <= 0xdf ? 2
                                               : 0;
  if (size == 0 || size > length) return 0;
  uint32_t value = s[0] & (0xffu >> (size + 1));
  for (size_t i = 1; i < size; i++) {
    if ((s[i] & 0xc0) != 0x80) return 0;
    value = value << 6 | (s[i] & 0x3fu);
  }
  if ((size == 3 && value < 0x800) || (size == 4 && (value < 0x10000 || value > 0x10ffff))) return 0;
  if (value >= 0xd800 && value <= 0xdfff) return 0;
  *code = value;
  return size;
}

void cli_add_json_bytes(cli_buffer *buffer, const char *text, size_t length) {
  cli_add_char(buffer, '"');
  for (size_t i = 0; i < length;) {
    uint32_t code = 0;
    size_t size = cli_utf8(text + i, length - i, &code);
    if (size == 0) {
      cli_add(buffer, "\xef\xbf\xbd");
      i++;
      continue;
    }
    if (code == '"' || code == '\\') {
      cli_add_char(buffer, '\\');
      cli_add_char(buffer, (char)code);
    } else if (code == '\n') {
      cli_add(buffer, "\\n");
    } else if (code < 0x20 || code == 0x7f) {
      cli_add_format(buffer, "\\u%04x", (unsigned)code);
    } else {
      cli_add_bytes(buffer, text + i, size);
    }
    i += size;
  }
  cli_add_char(buffer, '"');
}

void cli_add_json(cli_buffer *buffer, const char *text) {
  if (text == NULL)
    cli_add(buffer, "null");
  else
    cli_add_json_bytes(buffer, text, strlen(text));
}

int cli_add_unescaped(cli_buffer *buffer, bourse_slice text) {
  char *plain = cli_alloc(text.length + 1);
  int64_t length = bourse_json_unescape(plain, text);
  if (length >= 0) cli_add_bytes(buffer, plain, (size_t)length);
  free(plain);
  return length >= 0;
}

void cli_add_clean(cli_buffer *buffer, const char *text) {
  size_t length = strlen(text);
  for (size_t i = 0; i < length;) {
    uint32_t code = 0;
    size_t size = cli_utf8(text + i, length - i, &code);
    if (size == 0 || code < 0x20 || (code >= 0x7f && code < 0xa0))
      cli_add_char(buffer, '?');
    else
      cli_add_bytes(buffer, text + i, size);
    i += size > 0 ? size : 1;
  }
}

int cli_read_file(cli_buffer *buffer, const char *path) {
  int is_standard_input = strcmp(path, "-") == 0;
  FILE *file = is_standard_input ? stdin : fopen(path, "rb");
  if (file == NULL) return errno;
  char block[16384];
  int error = 0;
  for (;;) {
    errno = 0;
    size_t count = fread(block, 1, sizeof block, file);
    cli_add_bytes(buffer, block, count);
    if (count == sizeof block) continue;
    if (ferror(file)) error = errno != 0 ? errno : EIO;
    break;
  }
  bourse_wipe(block, sizeof block);
  if (!is_standard_input) fclose(file);
  return error;
}
