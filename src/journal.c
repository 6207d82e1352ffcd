/* journal.c - the file in which this program writes down orders before it sends them, and the verbs that look into it. */
#include "cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define LOCK_TRIES   100
#define LOCK_WAIT_NS 50000000
#define REST_MAX_MS  INT64_C(15000) /* between two questions: rate budgets are low at some exchanges */
#define SETTLE_MS    INT64_C(60000) /* how long resolve and wait go on, unless told */

static void rest(int64_t ms) {
  struct timespec pause = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
  while (nanosleep(&pause, &pause) != 0 && errno == EINTR) continue;
}

/* NULL: there is no place for it. */
static char *default_path(void) {
  const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
  if (state != NULL && state[0] == '/') return cli_format("%s/bourse/orders.journal", state);
  return home != NULL && home[0] == '/' ? cli_format("%s/.local/state/bourse/orders.journal", home) : NULL;
}

/* Makes the directories above a file, for their owner only. */
static void make_directories(const char *path) {
  char *copy = cli_copy(path);
  for (char *at = strchr(copy + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
    *at = '\0';
    mkdir(copy, 0700);
    *at = '/';
  }
  free(copy);
}

int cli_open_journal(cli_session *session, const cli_options *options) {
  bourse_store_file_options open = BOURSE_STORE_FILE_OPTIONS_INIT;
  char text[400] = "";
  if (options->journal_file != NULL && strcmp(options->journal_file, "none") == 0) return CLI_OK;
  char *path = options->journal_file != NULL ? cli_copy(options->journal_file) : default_path();
  if (path == NULL)
    return cli_fail(CLI_LOCAL,
                    "orders are written down before they are sent, and there is no HOME to do it in; give a file "
                    "with --journal, or --journal none");
  if (options->journal_file == NULL) make_directories(path);
  open.message = text;
  open.message_size = sizeof text;
  int32_t code = BOURSE_ERROR_STATE;
  /* Another run of this program has it for as long as its order takes. */
  for (int i = 0; code == BOURSE_ERROR_STATE && i < LOCK_TRIES; i++) {
    if (i > 0) rest(LOCK_WAIT_NS / 1000000);
    code = bourse_store_file_open(&session->journal, path, &open);
  }
  free(path);
  if (code != BOURSE_OK)
    return cli_fail(CLI_LOCAL, "%s; nothing was sent", text[0] != '\0' ? text : bourse_error_text(code));
  if (text[0] != '\0') cli_warn("journal: %s", text);
  return CLI_OK;
}

/* The options that say which account and which file an order belongs to. */
static void add_account_options(cli_buffer *out, const cli_options *options) {
  static const char *const worlds[] = {"", "live", "testnet", "demo"}, *const products[] = {"", "spot", "linear",
                                                                                            "inverse", "option"};
  if (options->environment > 0 && options->environment <= 3)
    cli_add_format(out, " --env %s", worlds[options->environment]);
  if (options->product > 0 && options->product <= 4) cli_add_format(out, " --product %s", products[options->product]);
  if (options->keys_file != NULL) cli_add_format(out, " --keys %s", options->keys_file);
  if (options->account != NULL) cli_add_format(out, " --account %s", options->account);
  for (uint32_t i = 0; i < options->host_count; i++)
    cli_add_format(out, " --host '%s=%s'", options->hosts[i].name, options->hosts[i].value);
  for (uint32_t i = 0; i < options->setting_count; i++)
    cli_add_format(out, " --setting %s=%s", options->settings[i].name, options->settings[i].value);
  if (options->journal_file != NULL) cli_add_format(out, " --journal %s", options->journal_file);
}

void cli_say_how_to_resolve(const cli_options *options, const char *exchange, const char *client_order_id) {
  cli_buffer line = {0};
  cli_add_format(&line, "it may or may not have been done; settle it: bourse resolve %s %s", exchange, client_order_id);
  add_account_options(&line, options);
  cli_fail(0, "%s", line.data);
  cli_free_buffer(&line);
}

/* --- Verbs --- */

/* Milliseconds to wait before an unsettled answer is asked for again; 0: it is settled, or asking again does not help. */
static int64_t unsettled_ms(int32_t error, const bourse_result *result, const bourse_context *context) {
  if (error == BOURSE_ERROR_FATE_UNKNOWN) {
    int64_t wait = bourse_context_error(context)->retry_after_ms;
    return wait <= 0 ? 1000 : wait > REST_MAX_MS ? REST_MAX_MS : wait;
  }
  for (uint32_t i = 0; error == BOURSE_OK && i < bourse_result_count(result); i++)
    if (bourse_result_order(result, i) != NULL && bourse_result_order(result, i)->error == BOURSE_ERROR_FATE_UNKNOWN)
      return 1000;
  return 0;
}

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int settle(cli_session *session, const cli_options *options, cli_arguments *arguments) {
  int64_t until = now_ms() + (options->for_ms > 0 ? options->for_ms : SETTLE_MS), pause = 1000;
  for (;;) {
    bourse_result *result = NULL;
    int32_t error = bourse_execute(&result, session->exchange, &arguments->request);
    int64_t wait = unsettled_ms(error, result, session->context), left = until - now_ms();
    if (wait > 0 && left > 0) {
      bourse_result_free(result);
      if (wait < pause) wait = pause;
      if (pause < REST_MAX_MS) pause *= 2;
      rest(wait < left ? wait : left);
      continue;
    }
    if (error != BOURSE_OK) {
      int code = cli_report(options, bourse_context_error(session->context), arguments);
      bourse_result_free(result);
      return code;
    }
    cli_print_result(options, result);
    bourse_result_free(result);
    if (wait > 0) return cli_fail(CLI_UNKNOWN, "the fate of some orders is not known yet");
    return CLI_OK;
  }
}

static int wait_for(cli_session *session, const cli_options *options, cli_arguments *arguments) {
  bourse_result *result = NULL;
  arguments->request.timeout_ms = options->for_ms > 0 && options->for_ms <= 86400000 ? options->for_ms : SETTLE_MS;
  int32_t error = bourse_execute(&result, session->exchange, &arguments->request);
  if (result != NULL) cli_print_result(options, result);
  bourse_result_free(result);
  return error == BOURSE_OK ? CLI_OK : cli_report(options, bourse_context_error(session->context), arguments);
}

static int look_up(cli_session *session, const cli_options *options, cli_arguments *arguments) {
  bourse_result *result = NULL;
  int32_t error = bourse_execute(&result, session->exchange, &arguments->request);
  if (error != BOURSE_OK) return cli_report(options, bourse_context_error(session->context), arguments);
  cli_print_result(options, result);
  bourse_result_free(result);
  return CLI_OK;
}

/* EXCHANGE [CLIENT_ID] [key=value] with the journal open. */
static int with_journal(const cli_options *options, const char *verb, int32_t operation, const char *const *words,
                        uint32_t count, int (*run)(cli_session *, const cli_options *, cli_arguments *)) {
  cli_arguments arguments;
  cli_session session = {0};
  if (count < 1) return cli_fail(CLI_USAGE, "%s: which exchange? \"bourse help %s\" shows the form", verb, verb);
  cli_arguments_init(&arguments, bourse_schema_operation(operation));
  int code = CLI_OK;
  for (uint32_t i = 1; i < count && code == CLI_OK; i++)
    code = i == 1 && cli_key_length(words[i]) == 0 ? cli_arguments_set(&arguments, "client_order_id", words[i])
                                                   : cli_arguments_word(&arguments, words[i]);
  if (code == CLI_OK && operation == BOURSE_OP_WAIT_ORDER && !cli_arguments_has(&arguments, "client_order_id") &&
      !cli_arguments_has(&arguments, "order_id"))
    code = cli_fail(CLI_USAGE, "wait: which order? give its client order id, or order_id=");
  if (code == CLI_OK) {
    cli_arguments_finish(&arguments);
    arguments.exchange = words[0];
    code = cli_check_columns(options, arguments.info->kind);
  }
  session.wants_journal = 1;
  if (code == CLI_OK)
    code = cli_open(&session, options, words[0], strcmp(words[0], "paper") == 0 ? CLI_NO_KEYS : CLI_NEEDS_KEYS);
  if (code == CLI_OK) code = cli_load_markets(&session, options);
  if (code == CLI_OK) code = run(&session, options, &arguments);
  cli_close(&session);
  cli_arguments_free(&arguments);
  return code;
}

int cli_resolve(const cli_options *options, const char *const *words, uint32_t count) {
  int one = count >= 2 && (cli_key_length(words[1]) == 0 || strncmp(words[1], "client_order_id=", 16) == 0);
  return with_journal(options, "resolve", one ? BOURSE_OP_RESOLVE_ORDER : BOURSE_OP_RESOLVE_ORDERS, words, count,
                      settle);
}

int cli_wait(const cli_options *options, const char *const *words, uint32_t count) {
  return with_journal(options, "wait", BOURSE_OP_WAIT_ORDER, words, count, wait_for);
}

int cli_journal(const cli_options *options, const char *const *words, uint32_t count) {
  return with_journal(options, "journal", BOURSE_OP_FETCH_JOURNAL, words, count, look_up);
}
