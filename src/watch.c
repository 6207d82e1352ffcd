/* watch.c - bourse watch: a stream on the terminal, or as lines. */
#include "cli.h"

#include <stdio.h>

static int is_over(const cli_options *options, const cli_show *show) {
  return ferror(stdout) || (options->count > 0 && cli_show_count(show) >= options->count);
}

typedef struct watching {
  const cli_options *options;
  cli_show *show;
} watching;

static int on_event(void *user_data, const bourse_stream_event *event) {
  watching *w = user_data;
  cli_show_event(w->show, event, NULL);
  return is_over(w->options, w->show);
}

static int on_pause(void *user_data, int last) {
  watching *w = user_data;
  cli_show_draw(w->show, last);
  return is_over(w->options, w->show);
}

int cli_watch(const cli_options *options, const char *const *words, uint32_t count) {
  cli_arguments arguments;
  cli_session session = {0};
  const char *exchange = NULL;
  int code = cli_stream_arguments(&arguments, "watch", words, count, &exchange);
  if (code == CLI_OK) code = cli_check_columns(options, arguments.info->kind);
  if (code == CLI_OK) {
    watching w = {options, cli_show_new(options, arguments.info, exchange, 1)};
    cli_sink sink = {on_event, on_pause, &w};
    code = cli_stream(&session, options, exchange, &arguments, &sink);
    cli_show_free(w.show);
  }
  cli_close(&session);
  cli_arguments_free(&arguments);
  return code;
}
