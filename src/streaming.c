/* streaming.c - what watch and record share: their words, and running a stream until something ends it. */
#include "cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PAUSE_MS 100 /* longest wait between two looks at the clock and the sink */
#define LEAVE_MS 300 /* for the farewells to be sent */

/* --- Words --- */

int32_t cli_channel(const char *name) {
  char full[64];
  if (strcmp(name, "book") == 0) name = "order_book";
  if (strcmp(name, "fills") == 0) name = "my_trades";
  int whole = strncmp(name, "watch_", 6) == 0;
  if ((size_t)snprintf(full, sizeof full, "%s%s", whole ? "" : "watch_", name) >= sizeof full) return 0;
  for (char *c = full; *c != '\0'; c++)
    if (*c == '-') *c = '_';
  return bourse_operation_by_name(full);
}

static int no_channel(const char *verb, const char *word) {
  cli_buffer names = {0};
  const bourse_operation_info *info;
  for (uint32_t i = 0; (info = bourse_schema_operation_at(i)) != NULL; i++)
    if (info->flags & BOURSE_OPERATION_STREAM)
      cli_add_format(&names, "%s%s", names.length > 0 ? ", " : "", info->name + strlen("watch_"));
  if (word == NULL)
    cli_fail(CLI_USAGE, "%s: which channel? there are: %s; \"bourse help %s\" shows the form", verb, names.data, verb);
  else
    cli_fail(CLI_USAGE, "%s: there is no channel called \"%s\"; there are: %s", verb, word, names.data);
  cli_free_buffer(&names);
  return CLI_USAGE;
}

/* "1m", "15m", "1h", "1M": of candles, where a symbol may stand. */
static int is_timeframe(const char *word) {
  size_t digits = strspn(word, "0123456789");
  return digits > 0 && word[digits] != '\0' && strchr("smhdwM", word[digits]) != NULL && word[digits + 1] == '\0';
}

/* Symbols stand word by word, or with commas between them. */
static int set_symbols(cli_arguments *arguments, const cli_buffer *symbols) {
  if (symbols->length == 0) return CLI_OK;
  const bourse_struct_info *request = bourse_schema_request();
  int one = strchr(symbols->data, ',') == NULL, takes_one = 0;
  for (uint32_t i = 0; i < request->member_count; i++)
    if (strcmp(request->members[i].name, "symbol") == 0) takes_one = (arguments->info->accepted >> i & 1) != 0;
  return cli_arguments_set(arguments, one && takes_one ? "symbol" : "symbols", symbols->data);
}

int cli_stream_arguments(cli_arguments *out, const char *verb, const char *const *words, uint32_t count,
                         const char **exchange) {
  cli_buffer symbols = {0};
  memset(out, 0, sizeof *out);
  if (count < 1) return no_channel(verb, NULL);
  uint32_t at = cli_channel(words[0]) != 0 ? 0 : 1;
  if (count < 2 && at == 1) return strcmp(verb, "watch") == 0 ? no_channel(verb, words[0]) : no_channel(verb, NULL);
  int32_t operation = cli_channel(words[at]);
  if (operation == 0) return no_channel(verb, words[strcmp(verb, "watch") == 0 ? 0 : 1]);
  if (count < 2)
    return cli_fail(CLI_USAGE, "%s: which exchange? \"bourse exchanges\" lists them, \"bourse help %s\" shows the form",
                    verb, verb);
  *exchange = words[1 - at];
  const char *timeframe = NULL;
  uint32_t used = 2;
  for (; used < count && cli_key_length(words[used]) == 0; used++) {
    if (operation == BOURSE_OP_WATCH_CANDLES && timeframe == NULL && is_timeframe(words[used]))
      timeframe = words[used];
    else
      cli_add_format(&symbols, "%s%s", symbols.length > 0 ? "," : "", words[used]);
  }
  if (operation == BOURSE_OP_WATCH_TICKER && symbols.length > 0 && strchr(symbols.data, ',') != NULL)
    operation = BOURSE_OP_WATCH_TICKERS;
  cli_arguments_init(out, bourse_schema_operation(operation));
  int code = set_symbols(out, &symbols);
  if (code == CLI_OK && timeframe != NULL) code = cli_arguments_set(out, "timeframe", timeframe);
  for (uint32_t i = used; i < count && code == CLI_OK; i++) {
    if (cli_key_length(words[i]) == 0)
      code = cli_fail(CLI_USAGE, "%s: unexpected \"%s\"; \"bourse help %s\" shows the form", verb, words[i], verb);
    else
      code = cli_arguments_word(out, words[i]);
  }
  if (code == CLI_OK) code = cli_arguments_check(out);
  if (code == CLI_OK) cli_arguments_finish(out);
  cli_free_buffer(&symbols);
  return code;
}

/* --- Interrupts --- */

static volatile sig_atomic_t interrupted;
static bourse_context *volatile woken;

/* The first asks the stream to end; the second ends the program. */
static void on_signal(int number) {
  if (interrupted) {
    signal(number, SIG_DFL);
    raise(number);
  }
  interrupted = 1;
  if (woken != NULL) bourse_wakeup(woken);
}

static void catch_signals(bourse_context *context) {
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction action, before;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  woken = context;
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
    if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) sigaction(numbers[i], &action, NULL);
}

/* --- Running --- */

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What is left to be sent is sent, and the connections close. */
static void leave(bourse_context *context) {
  int64_t end = now_ms() + LEAVE_MS;
  for (int64_t left; (left = end - now_ms()) > 0 && bourse_run(context, left) >= 0;)
    if (bourse_timeout_ms(context) < 0) break; /* nothing is under way any more */
}

typedef struct running {
  const cli_sink *sink;
  int code; /* of the newest error */
  int told; /* something came */
  int done; /* the sink has enough */
  int closed;
} running;

static void on_event(void *user_data, const bourse_stream_event *event) {
  running *r = user_data;
  if (r->done) return;
  r->told = r->told || event->kind == BOURSE_STREAM_DATA;
  if (event->error != NULL) r->code = cli_exit_code(event->error_code, BOURSE_OUTCOME_NONE);
  if (event->kind == BOURSE_STREAM_STATE && event->symbol == NULL) r->closed = event->state == BOURSE_STREAM_CLOSED;
  r->done = r->sink->event(r->sink->user_data, event);
}

/* Until the stream, the time, an interrupt or the sink makes an end. */
static int run(cli_session *session, const cli_options *options, running *r) {
  int64_t end = options->for_ms > 0 ? now_ms() + options->for_ms : INT64_MAX;
  for (int64_t left; !r->done && !r->closed && !interrupted && (left = end - now_ms()) > 0;) {
    if (bourse_run(session->context, left < PAUSE_MS ? left : PAUSE_MS) < 0)
      return cli_report(options, bourse_context_error(session->context), NULL);
    r->done = r->sink->pause(r->sink->user_data, 0) || r->done;
  }
  if (r->closed && !interrupted) return r->code != CLI_OK ? r->code : CLI_NETWORK;
  /* A stream that brought something did what it was asked for, whatever it met on its way. */
  return r->told || r->done || interrupted ? CLI_OK : r->code;
}

int cli_stream(cli_session *session, const cli_options *options, const char *exchange, cli_arguments *arguments,
               const cli_sink *sink) {
  bourse_stream *stream = NULL;
  bourse_stream_options streaming = BOURSE_STREAM_OPTIONS_INIT;
  running r = {.sink = sink};
  arguments->exchange = exchange;
  int code = cli_open(session, options, exchange, cli_needs_keys(arguments) ? CLI_NEEDS_KEYS : 0);
  if (code == CLI_OK) code = cli_load_markets(session, options);
  if (code != CLI_OK) return code;
  cli_choose_product(session->exchange, options, arguments);
  streaming.interval_ms = options->interval_ms;
  streaming.on_event = on_event; /* each event as it comes: lines are written as fast as they can be read */
  streaming.user_data = &r;
  catch_signals(session->context);
  if (bourse_watch(&stream, session->exchange, &arguments->request, &streaming) != BOURSE_OK)
    return cli_report(options, bourse_context_error(session->context), arguments);
  code = run(session, options, &r);
  sink->pause(sink->user_data, 1);
  r.done = 1;
  bourse_stream_close(stream);
  leave(session->context);
  woken = NULL;
  return code;
}
