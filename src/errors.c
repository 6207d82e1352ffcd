/* errors.c - messages and exit codes. */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void write_line(const char *prefix, const char *format, va_list list) {
  char text[2048];
  vsnprintf(text, sizeof text, format, list);
  cli_buffer line = {0};
  cli_add(&line, prefix);
  cli_add_clean(&line, text);
  cli_add_char(&line, '\n');
  fputs(line.data, stderr);
  cli_free_buffer(&line);
}

int cli_fail(int code, const char *format, ...) {
  va_list list;
  va_start(list, format);
  write_line("bourse: ", format, list);
  va_end(list);
  return code;
}

void cli_warn(const char *format, ...) {
  va_list list;
  va_start(list, format);
  write_line("bourse: warning: ", format, list);
  va_end(list);
}

int cli_exit_code(int32_t code, int32_t outcome) {
  if (code == BOURSE_OK) return CLI_OK;
  if (outcome == BOURSE_OUTCOME_UNKNOWN || code == BOURSE_ERROR_FATE_UNKNOWN) return CLI_UNKNOWN;
  switch (code) {
    case BOURSE_ERROR_ARGUMENT:
    case BOURSE_ERROR_STRUCT:
    case BOURSE_ERROR_UNKNOWN_NAME:
    case BOURSE_ERROR_OVERFLOW:
    case BOURSE_ERROR_ABSENT: return CLI_USAGE;
    case BOURSE_ERROR_CREDENTIALS:
    case BOURSE_ERROR_AUTH:
    case BOURSE_ERROR_PERMISSION:
    case BOURSE_ERROR_TIMESTAMP: return CLI_AUTH;
    case BOURSE_ERROR_UNSUPPORTED: return CLI_UNSUPPORTED;
    case BOURSE_ERROR_RATE_LIMITED:
    case BOURSE_ERROR_BANNED: return CLI_LIMITED;
    case BOURSE_ERROR_DEADLINE: return CLI_NETWORK;
    default: break;
  }
  if (code <= -100 && code > -200) return CLI_REFUSED;
  if (code <= -300 && code > -400) return CLI_NETWORK;
  if (code <= -400 && code > -500) return CLI_REFUSED;
  if (code <= -500 && code > -600) return CLI_NETWORK;
  return CLI_LOCAL;
}

void cli_add_error(cli_buffer *out, const bourse_error *error, const char *exchange, const char *operation) {
  cli_add_format(out, "{\"code\":%d,\"name\":", error->code);
  cli_add_json(out, bourse_error_name(error->code));
  cli_add(out, ",\"outcome\":");
  cli_add_json(out, bourse_outcome_name(error->outcome));
  cli_add_format(out, ",\"http_status\":%d,\"retry_after_ms\":%lld,\"message\":", error->http_status,
                 (long long)error->retry_after_ms);
  const struct {
    const char *name;
    const char *text;
  } rest[] = {{"field", error->field},
              {"exchange", exchange},
              {"operation", operation},
              {"exchange_code", error->exchange_code},
              {"exchange_message", error->exchange_message},
              {"client_order_id", error->client_order_id}};
  cli_add_json(out, error->message);
  for (size_t i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
    cli_add_format(out, ",\"%s\":", rest[i].name);
    cli_add_json(out, rest[i].text[0] != '\0' ? rest[i].text : NULL);
  }
  cli_add_char(out, '}');
}

static void error_json(const bourse_error *error, const char *exchange, const char *operation) {
  cli_buffer out = {0};
  cli_add(&out, "{\"error\":");
  cli_add_error(&out, error, exchange, operation);
  cli_add(&out, "}\n");
  fwrite(out.data, 1, out.length, stdout);
  cli_free_buffer(&out);
}

/* The library's sentence, without the operation's name before it and the full stop after it. */
static void add_message(cli_buffer *line, const char *message, const char *operation) {
  size_t skip = strlen(operation);
  if (skip > 0 && strncmp(message, operation, skip) == 0 && strncmp(message + skip, ": ", 2) == 0) message += skip + 2;
  size_t length = strlen(message);
  if (length > 0 && message[length - 1] == '.') length--;
  if (length == 0) return;
  cli_add(line, ": ");
  cli_add_bytes(line, message, length);
}

/* Of an operation that failed on the way to its own, the user knows only the one asked for. */
static const char *operation_of(const bourse_error *error, const cli_arguments *arguments) {
  return arguments != NULL ? arguments->info->name : error->operation;
}

static const char *exchange_of(const bourse_error *error, const cli_arguments *arguments) {
  return arguments != NULL && arguments->exchange != NULL ? arguments->exchange : error->exchange;
}

static int explain(const cli_options *options, const bourse_error *error, const cli_arguments *arguments) {
  cli_buffer line = {0};
  int refused = error->code <= -400 && error->code > -500;
  const char *operation = operation_of(error, arguments), *exchange = exchange_of(error, arguments);
  if (operation[0] != '\0') cli_add_format(&line, "%s ", operation);
  if (exchange[0] != '\0') cli_add_format(&line, "at %s ", exchange);
  if (line.length > 0) cli_add(&line, refused ? "refused: " : "failed: ");
  cli_add(&line, bourse_error_name(error->code));
  if (error->exchange_code[0] != '\0' || error->exchange_message[0] != '\0') {
    cli_add_format(&line, " (%s", error->exchange_code);
    if (error->exchange_message[0] != '\0')
      cli_add_format(&line, "%s\"%s\"", error->exchange_code[0] != '\0' ? " " : "", error->exchange_message);
    cli_add_char(&line, ')');
  } else {
    add_message(&line, error->message, operation);
  }
  if (error->code == BOURSE_ERROR_FORBIDDEN && arguments != NULL && arguments->info->operation == BOURSE_OP_WITHDRAW)
    cli_add(&line, " (--allow-withdrawals)");
  if (error->field[0] != '\0' && strstr(line.data, error->field) == NULL) cli_add_format(&line, " [%s]", error->field);
  if (error->outcome != BOURSE_OUTCOME_NONE) cli_add_format(&line, ", outcome %s", bourse_outcome_name(error->outcome));
  if (error->client_order_id[0] != '\0') cli_add_format(&line, ", client order id %s", error->client_order_id);
  if (error->retry_after_ms > 0)
    cli_add_format(&line, ", try again in %lld.%03lld s", (long long)(error->retry_after_ms / 1000),
                   (long long)(error->retry_after_ms % 1000));
  cli_fail(0, "%s", line.data);
  cli_free_buffer(&line);
  if (error->outcome == BOURSE_OUTCOME_UNKNOWN && error->client_order_id[0] != '\0') {
    static const cli_options none;
    cli_say_how_to_resolve(options != NULL ? options : &none, exchange, error->client_order_id);
  } else if (error->outcome == BOURSE_OUTCOME_UNKNOWN)
    cli_fail(0, "it may or may not have been done; look before you repeat it");
  return cli_exit_code(error->code, error->outcome);
}

int cli_explain(const bourse_error *error, const cli_arguments *arguments) { return explain(NULL, error, arguments); }

int cli_report(const cli_options *options, const bourse_error *error, const cli_arguments *arguments) {
  int code = explain(options, error, arguments);
  if (options->format == CLI_JSON) error_json(error, exchange_of(error, arguments), operation_of(error, arguments));
  return code;
}
