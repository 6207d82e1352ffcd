/* recording.c - recorded files: sessions of one JSON object a line, and files that are one message. gzip is undone. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

struct cli_recording {
  const char *path;
  gzFile file;
  cli_buffer text; /* read and not yet taken, after `taken` bytes */
  size_t taken;
  cli_buffer url;
  cli_buffer message;
  char *place;
  long number;
  int whole; /* the file is one message */
  int ended; /* everything is read */
};

/* --- Bytes and lines --- */

/* Reads on. CLI_OK; `ended` tells the end. */
static int read_more(cli_recording *r) {
  static char block[65536];
  int count = gzread(r->file, block, sizeof block), error = Z_OK;
  if (count > 0) {
    cli_add_bytes(&r->text, block, (size_t)count);
    return CLI_OK;
  }
  const char *text = gzerror(r->file, &error);
  r->ended = 1;
  /* The end of a gzip file before the end of what is in it is told as this. */
  if (count == 0 && error != Z_BUF_ERROR) return CLI_OK;
  if (error == Z_ERRNO) return cli_fail(CLI_LOCAL, "%s: the recording cannot be read: %s", r->path, strerror(errno));
  return cli_fail(CLI_USAGE, "%s: line %ld: the compressed file is broken%s%s", r->path, r->number + 1,
                  text != NULL && text[0] != '\0' ? ": " : "", text != NULL ? text : "");
}

static int ends_with(const char *text, const char *end) {
  size_t length = strlen(text), end_length = strlen(end);
  return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* Takes what is left, or a line without its end. *length is 0 and the file ended: nothing is left. */
static int take(cli_recording *r, bourse_slice *out, int whole) {
  size_t seen = r->taken;
  for (;;) {
    const char *end = whole || r->text.length == seen ? NULL : memchr(r->text.data + seen, '\n', r->text.length - seen);
    if (end != NULL || r->ended) {
      out->data = r->text.length > 0 ? r->text.data + r->taken : "";
      out->length = end != NULL ? (size_t)(end - out->data) : r->text.length - r->taken;
      r->taken += out->length + (end != NULL);
      r->number++;
      return CLI_OK;
    }
    seen = r->text.length;
    /* What is taken makes room; not while a line grows, or its bytes would be moved again and again. */
    if (r->taken > 0) {
      memmove(r->text.data, r->text.data + r->taken, r->text.length - r->taken);
      r->text.length -= r->taken;
      seen -= r->taken;
      r->taken = 0;
    }
    int code = read_more(r);
    if (code != CLI_OK) return code;
  }
}

static int is_blank(bourse_slice text) {
  for (size_t i = 0; i < text.length; i++)
    if (strchr(" \t\r\n", text.data[i]) == NULL || text.data[i] == '\0') return 0;
  return 1;
}

/* Whether the file is a session: its name says so, or its first line has a direction. */
static int look(cli_recording *r) {
  const char *const messages[] = {".json", ".json.gz", ".txt", ".txt.gz"};
  bourse_slice line = {"", 0}, key;
  if (ends_with(r->path, ".jsonl") || ends_with(r->path, ".jsonl.gz")) return CLI_OK;
  for (size_t i = 0; i < sizeof(messages) / sizeof(messages[0]); i++)
    if (ends_with(r->path, messages[i])) r->whole = 1;
  if (r->whole) return CLI_OK;
  int code = take(r, &line, 0);
  r->taken = 0;
  r->number = 0;
  bourse_json json;
  bourse_json_init(&json, line.data, line.length);
  r->whole = 1;
  if (bourse_json_kind(&json) == BOURSE_JSON_OBJECT && bourse_json_object_begin(&json))
    while (bourse_json_object_next(&json, &key)) {
      if (bourse_slice_is(key, "dir")) r->whole = 0;
      if (!bourse_json_skip(&json)) break;
    }
  return code;
}

int cli_recording_open(cli_recording **out, const char *path) {
  cli_recording *r = cli_alloc(sizeof *r);
  int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
  *out = r;
  r->path = path;
  if (fd < 0) return cli_fail(CLI_LOCAL, "%s: the recording cannot be read: %s", path, strerror(errno));
  r->file = gzdopen(fd, "rb");
  if (r->file == NULL) {
    close(fd);
    cli_no_memory();
  }
  return look(r);
}

void cli_recording_close(cli_recording *r) {
  if (r == NULL) return;
  if (r->file != NULL) gzclose(r->file);
  cli_free_buffer(&r->text);
  cli_free_buffer(&r->url);
  cli_free_buffer(&r->message);
  free(r->place);
  free(r);
}

const char *cli_recording_place(const cli_recording *r) { return r->place != NULL ? r->place : r->path; }

/* --- Lines --- */

static int malformed(const cli_recording *r, const char *what) {
  return cli_fail(CLI_USAGE, "%s: %s", cli_recording_place(r), what);
}

/* Seconds, with the digits they are written with, to nanoseconds. */
static int read_time(int64_t *out, bourse_slice text) {
  bourse_decimal seconds, billion;
  bourse_decimal_from_int64(&billion, 1000000000);
  return bourse_decimal_parse(&seconds, text.data, text.length) == BOURSE_OK && bourse_decimal_sign(&seconds) >= 0 &&
         bourse_decimal_mul(&seconds, &seconds, &billion) == BOURSE_OK &&
         bourse_decimal_round(&seconds, &seconds, 0, BOURSE_ROUND_DOWN) == BOURSE_OK &&
         bourse_decimal_to_int64(out, &seconds) == BOURSE_OK;
}

static int read_connection(int32_t *out, bourse_slice text) {
  bourse_decimal number;
  int64_t value = -1;
  if (bourse_decimal_parse(&number, text.data, text.length) != BOURSE_OK ||
      bourse_decimal_to_int64(&value, &number) != BOURSE_OK || value < 0 || value > INT32_MAX)
    return 0;
  *out = (int32_t)value;
  return 1;
}

static const char *const directions[] = {"open", "in", "out", "rest", "close"};

static int direction_of(bourse_slice name) {
  for (int i = 0; i < (int)(sizeof(directions) / sizeof(directions[0])); i++)
    if (bourse_slice_is(name, directions[i])) return i;
  return -1;
}

/* A message that was not JSON is written as a JSON string. */
static int set_message(cli_recording *r, cli_line *line, bourse_slice raw) {
  line->message = raw.data;
  line->length = raw.length;
  if (raw.data[0] != '"') return 1;
  bourse_slice inner = {raw.data + 1, raw.length - 2};
  cli_free_buffer(&r->message);
  if (!cli_add_unescaped(&r->message, inner)) return 0;
  line->message = r->message.length > 0 ? r->message.data : "";
  line->length = r->message.length;
  return 1;
}

/* One member; what is not known is passed over. What is wrong with it, or NULL. */
static const char *read_member(cli_recording *r, cli_line *line, bourse_slice key, bourse_slice raw, int32_t kind) {
  bourse_slice inner = {raw.data + 1, kind == BOURSE_JSON_STRING ? raw.length - 2 : 0};
  if (bourse_slice_is(key, "t")) {
    if (kind == BOURSE_JSON_NULL) return NULL;
    return kind == BOURSE_JSON_NUMBER && read_time(&line->time_ns, raw) ? NULL : "t is not a time in seconds";
  }
  if (bourse_slice_is(key, "dir")) {
    line->dir = kind == BOURSE_JSON_STRING ? direction_of(inner) : -1;
    return line->dir >= 0 ? NULL : "dir is none of: open, in, out, rest, close";
  }
  if (bourse_slice_is(key, "conn")) {
    if (kind == BOURSE_JSON_NULL) return NULL;
    line->has_connection = kind == BOURSE_JSON_NUMBER && read_connection(&line->connection, raw);
    return line->has_connection ? NULL : "conn is not the number of a connection";
  }
  if (bourse_slice_is(key, "url")) {
    if (kind == BOURSE_JSON_NULL) return NULL;
    cli_free_buffer(&r->url);
    if (kind != BOURSE_JSON_STRING || !cli_add_unescaped(&r->url, inner)) return "url is not a text";
    line->url = r->url.length > 0 ? r->url.data : NULL;
    return NULL;
  }
  if (bourse_slice_is(key, "msg")) return set_message(r, line, raw) ? NULL : "msg has malformed escapes";
  return NULL;
}

static int read_line(cli_recording *r, cli_line *line, bourse_slice text) {
  bourse_json json;
  bourse_slice key, raw;
  bourse_json_init(&json, text.data, text.length);
  line->dir = -1;
  if (bourse_json_kind(&json) == BOURSE_JSON_OBJECT && bourse_json_object_begin(&json))
    while (bourse_json_object_next(&json, &key)) {
      int32_t kind = bourse_json_kind(&json);
      if (!bourse_json_raw(&json, &raw)) break;
      const char *wrong = read_member(r, line, key, raw, kind);
      if (wrong != NULL) return malformed(r, wrong);
    }
  else
    return malformed(r, "not a line of a recording: {\"t\":...,\"dir\":...,\"msg\":...} is wanted");
  if (bourse_json_finish(&json) != BOURSE_OK)
    return cli_fail(CLI_USAGE, "%s: not JSON: %s at byte %zu", cli_recording_place(r), json.error, json.error_offset);
  if (line->dir < 0) return malformed(r, "there is no dir");
  if (line->message == NULL && line->dir != CLI_LINE_OPEN && line->dir != CLI_LINE_CLOSE)
    return malformed(r, "there is no msg");
  return CLI_OK;
}

int cli_recording_next(cli_recording *r, cli_line *line, int *more) {
  bourse_slice text;
  memset(line, 0, sizeof *line);
  *more = 0;
  do {
    if (r->ended && r->taken >= r->text.length) return CLI_OK;
    int code = take(r, &text, r->whole);
    if (code != CLI_OK) return code;
  } while (is_blank(text));
  free(r->place);
  r->place = r->whole ? cli_copy(r->path) : cli_format("%s:%ld", r->path, r->number);
  *more = 1;
  if (!r->whole) return read_line(r, line, text);
  line->dir = CLI_LINE_IN;
  line->message = text.data;
  line->length = text.length;
  return CLI_OK;
}
