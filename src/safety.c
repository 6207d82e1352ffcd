/* safety.c - halt, resume and dead-man: stopping trade on an account. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

static int is_paper(const char *exchange) { return strcmp(exchange, "paper") == 0; }

/* Waits for the cancels that a halt has started. */
static int finish_cancels(cli_session *session, const cli_options *options, uint64_t ticket) {
  bourse_event event = BOURSE_EVENT_INIT;
  for (;;) {
    int32_t code = bourse_run(session->context, -1);
    if (code < 0) return cli_report(options, bourse_context_error(session->context), NULL);
    while (bourse_next(session->context, &event) > 0) {
      int own = event.ticket == ticket, exit_code = CLI_OK;
      if (own && bourse_result_code(event.result) != BOURSE_OK) {
        exit_code = cli_report(options, bourse_result_error(event.result), NULL);
      } else if (own) {
        cli_print_result(options, event.result);
        for (uint32_t i = 0; i < bourse_result_count(event.result) && exit_code == CLI_OK; i++)
          if (bourse_result_order(event.result, i)->error != BOURSE_OK) exit_code = CLI_UNKNOWN;
        if (exit_code != CLI_OK) cli_fail(0, "not everything could be canceled; see \"error\" of the orders");
      }
      bourse_result_free(event.result);
      if (own) return exit_code;
    }
  }
}

/* A session on the account, with the journal that a halt is written to. */
static int open_account(cli_session *session, const cli_options *options, const char *verb, const char *exchange,
                        int flags) {
  if (options->journal_file != NULL && strcmp(options->journal_file, "none") == 0)
    return cli_fail(CLI_USAGE, "%s: it is written down in the journal; --journal none leaves no place for that", verb);
  session->wants_journal = 1;
  return cli_open(session, options, exchange, is_paper(exchange) ? CLI_NO_KEYS : CLI_NEEDS_KEYS | flags);
}

int cli_halt(const cli_options *options, const char *const *words, uint32_t count) {
  cli_session session = {0};
  uint64_t ticket = 0;
  int cancels = count == 2 && strcmp(words[1], "cancel-all") == 0;
  if (count < 1 || count > 2 || (count == 2 && !cancels))
    return cli_fail(CLI_USAGE,
                    "halt: an exchange is wanted, and perhaps cancel-all; \"bourse help halt\" shows the form");
  if (cancels && !options->live && !is_paper(words[0]))
    return cli_fail(CLI_USAGE, "halt: cancel-all sends cancels; it needs --live. Nothing was halted or sent");
  int code = open_account(&session, options, "halt", words[0], cancels ? CLI_MONEY : 0);
  if (code == CLI_OK) {
    if (cancels) cli_set_memory_exit(CLI_UNKNOWN);
    int32_t error = bourse_halt(session.exchange, cancels ? BOURSE_HALT_CANCEL_ALL : 0, &ticket);
    if (error != BOURSE_OK) code = cli_report(options, bourse_context_error(session.context), NULL);
    if (cancels && ticket != 0) {
      int canceled = finish_cancels(&session, options, ticket);
      if (code == CLI_OK) code = canceled;
    }
    if (error == BOURSE_OK)
      cli_warn("orders at %s are refused by whoever uses this journal, until \"bourse resume %s\"", words[0], words[0]);
  }
  cli_close(&session);
  return code;
}

int cli_resume(const cli_options *options, const char *const *words, uint32_t count) {
  cli_session session = {0};
  if (count != 1) return cli_fail(CLI_USAGE, "resume: one exchange is wanted; \"bourse help resume\" shows the form");
  int code = open_account(&session, options, "resume", words[0], 0);
  if (code == CLI_OK && bourse_resume(session.exchange) != BOURSE_OK)
    code = cli_report(options, bourse_context_error(session.context), NULL);
  cli_close(&session);
  return code;
}

static int set_timer(const cli_options *options, const char *exchange, const char *milliseconds, const char *symbol) {
  cli_arguments arguments;
  cli_arguments_init(&arguments, bourse_schema_operation(BOURSE_OP_CANCEL_ALL_ORDERS_AFTER));
  int code = cli_arguments_set(&arguments, "timer_ms", milliseconds);
  if (code == CLI_OK && symbol != NULL) code = cli_arguments_set(&arguments, "symbol", symbol);
  if (code == CLI_OK) {
    cli_arguments_finish(&arguments);
    code = cli_run(options, exchange, &arguments);
  }
  cli_arguments_free(&arguments);
  return code;
}

/* Only what the exchange itself keeps: a timer of this program would end with it. */
int cli_dead_man(const cli_options *options, const char *const *words, uint32_t count) {
  bourse_decimal seconds, thousand;
  char milliseconds[BOURSE_DECIMAL_TEXT_SIZE] = "-1";
  int64_t whole = 0;
  if (count < 2)
    return cli_fail(CLI_USAGE,
                    "dead-man: an exchange and SECONDS or off are wanted; \"bourse help dead-man\" shows the form");
  if (strcmp(words[1], "off") != 0) {
    bourse_decimal_from_int64(&thousand, 1000);
    if (bourse_decimal_parse(&seconds, words[1], SIZE_MAX) != BOURSE_OK || bourse_decimal_sign(&seconds) <= 0 ||
        bourse_decimal_mul(&seconds, &seconds, &thousand) != BOURSE_OK ||
        bourse_decimal_to_int64(&whole, &seconds) != BOURSE_OK || whole > INT64_C(86400000))
      return cli_fail(CLI_USAGE, "dead-man: \"%s\" is not a number of seconds above 0 and at most 86400, nor off",
                      words[1]);
    bourse_decimal_from_int64(&seconds, whole);
    bourse_decimal_format(milliseconds, sizeof milliseconds, &seconds);
  }
  if (count == 2) return set_timer(options, words[0], milliseconds, NULL);
  for (uint32_t i = 2; i < count; i++) {
    int code = set_timer(options, words[0], milliseconds, words[i]);
    if (code != CLI_OK) return code;
  }
  return CLI_OK;
}
