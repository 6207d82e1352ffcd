/* recorder.c - bourse record: all that goes over a stream's connections, a JSON object a line. */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct recorder {
  const cli_options *options;
  const char *path;
  int fd;
  int failed; /* errno */
  int64_t received;
  size_t written;
} recorder;

/* A line at a time, in one call: whoever reads along never sees half of one for long, and a crash leaves whole ones. */
static void write_line(recorder *r, const cli_buffer *line) {
  for (size_t done = 0; done < line->length && r->failed == 0;) {
    ssize_t count = write(r->fd, line->data + done, line->length - done);
    if (count > 0)
      done += (size_t)count, r->written += (size_t)count;
    else if (errno != EINTR)
      r->failed = errno;
  }
}

static void begin_line(cli_buffer *out, int64_t time_ns, const char *dir) {
  cli_add_format(out, "{\"t\":%lld.%09lld,\"dir\":\"%s\"", (long long)(time_ns / 1000000000),
                 (long long)(time_ns % 1000000000), dir);
}

/* JSON as it came, on one line; what is not JSON, or a JSON string itself, as a JSON string of it. */
static void add_message(cli_buffer *out, const char *bytes, size_t length) {
  bourse_json json;
  bourse_json_init(&json, bytes, length);
  int32_t kind = bourse_json_kind(&json);
  bourse_json_skip(&json);
  cli_add(out, ",\"msg\":");
  if (bourse_json_finish(&json) != BOURSE_OK || kind == BOURSE_JSON_STRING) {
    cli_add_json_bytes(out, bytes, length);
    return;
  }
  size_t at = out->length;
  cli_add_bytes(out, bytes, length);
  /* Line ends of JSON stand between its values only. */
  for (; at < out->length; at++)
    if (out->data[at] == '\n' || out->data[at] == '\r') out->data[at] = ' ';
}

static void on_socket(void *user_data, const bourse_socket_record *record) {
  static const char *const names[] = {"", "open", "out", "in", "close"};
  recorder *r = user_data;
  cli_buffer line = {0};
  if (record->kind < BOURSE_TRAFFIC_OPENED || record->kind > BOURSE_TRAFFIC_CLOSED) return;
  begin_line(&line, record->time_ns, names[record->kind]);
  cli_add_format(&line, ",\"conn\":%d", record->connection);
  if (record->kind == BOURSE_TRAFFIC_OPENED) {
    cli_add(&line, ",\"url\":");
    cli_add_json(&line, record->url);
  } else if (record->kind != BOURSE_TRAFFIC_CLOSED || record->length > 0) {
    add_message(&line, record->bytes, record->length);
  }
  cli_add(&line, "}\n");
  if (r->options->count == 0 || r->received < r->options->count || record->kind != BOURSE_TRAFFIC_RECEIVED)
    write_line(r, &line);
  if (record->kind == BOURSE_TRAFFIC_RECEIVED) r->received++;
  cli_free_buffer(&line);
}

static void on_wire(void *user_data, const bourse_wire_record *record) {
  recorder *r = user_data;
  cli_buffer line = {0};
  if (record->http_status == 0 || record->reply == NULL) return;
  begin_line(&line, record->received_ns, "rest");
  cli_add(&line, ",\"url\":");
  cli_add_json(&line, record->url);
  add_message(&line, record->reply, record->reply_length);
  cli_add(&line, "}\n");
  write_line(r, &line);
  cli_free_buffer(&line);
}

/* What the messages mean goes to nobody; what goes wrong is told. */
static int is_over(const recorder *r) {
  return r->failed != 0 || (r->options->count > 0 && r->received >= r->options->count);
}

static int on_event(void *user_data, const bourse_stream_event *event) {
  if (event->kind == BOURSE_STREAM_ERROR && event->error != NULL) cli_explain(event->error, NULL);
  if (event->kind == BOURSE_STREAM_GAP)
    cli_warn("%s: a gap was found, and is recorded", event->symbol != NULL ? event->symbol : "the stream");
  return is_over(user_data);
}

static int on_pause(void *user_data, int last) {
  (void)last;
  return is_over(user_data);
}

/* Own orders and balances may be in it: it is for its owner's eyes. */
static int open_file(recorder *r) {
  int how = r->options->force ? O_TRUNC : O_EXCL;
  r->fd = STDOUT_FILENO;
  if (strcmp(r->path, "-") == 0) return CLI_OK;
  r->fd = open(r->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | how, 0600);
  if (r->fd >= 0) return CLI_OK;
  if (errno == EEXIST) return cli_fail(CLI_LOCAL, "%s: there is such a file already; --force writes over it", r->path);
  return cli_fail(CLI_LOCAL, "%s: the recording cannot be written: %s", r->path, strerror(errno));
}

int cli_record_verb(const cli_options *options, const char *const *words, uint32_t count) {
  cli_arguments arguments;
  const char *exchange = NULL;
  recorder r = {.options = options, .path = options->output_file, .fd = -1};
  cli_session session = {.on_wire = on_wire, .on_socket = on_socket, .hook_data = &r};
  cli_sink sink = {on_event, on_pause, &r};
  int code = cli_stream_arguments(&arguments, "record", words, count, &exchange);
  if (code == CLI_OK && r.path == NULL)
    code = cli_fail(CLI_USAGE, "record: into which file? give -o FILE, or -o - for standard output");
  if (code == CLI_OK) code = open_file(&r);
  if (code == CLI_OK) code = cli_stream(&session, options, exchange, &arguments, &sink);
  cli_close(&session);
  if (code != CLI_OK && r.written == 0 && r.fd > STDOUT_FILENO) unlink(r.path); /* nothing came of it */
  if (r.fd > STDOUT_FILENO && close(r.fd) != 0 && r.failed == 0) r.failed = errno;
  if (r.failed != 0 && r.failed != EPIPE)
    cli_fail(0, "%s: the recording could not be written: %s", r.path, strerror(r.failed));
  if (r.failed != 0 && code == CLI_OK) code = CLI_LOCAL;
  if (r.received > 0 && r.failed == 0 && !options->quiet) cli_fail(0, "%lld messages received", (long long)r.received);
  cli_arguments_free(&arguments);
  return code;
}
