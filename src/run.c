/* run.c - running one operation: previewed, asked about, executed, printed. */
#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int is_paper(const char *exchange) { return strcmp(exchange, "paper") == 0; }

/* Whether the operation may change something at the exchange. */
static int acts(const cli_arguments *arguments) {
  if (arguments->info->operation != BOURSE_OP_CALL_RAW) return (arguments->info->flags & BOURSE_OPERATION_ACTS) != 0;
  const char *method = arguments->request.method;
  return arguments->request.is_safe != BOURSE_YES && (method == NULL || strcmp(method, "GET") != 0);
}

static void describe_order(cli_buffer *out, const bourse_struct_info *info, const void *record) {
  char name[64];
  for (uint32_t i = 0; i < info->member_count; i++) {
    const bourse_member_info *member = &info->members[i];
    cli_buffer text = {0};
    if (member->type != BOURSE_TYPE_RECORDS && member->type != BOURSE_TYPE_PARAMS &&
        member->type != BOURSE_TYPE_STRINGS)
      cli_member_text(&text, info, member, record, CLI_HUMAN);
    if (text.length > 0) {
      cli_add_format(out, " %s=", cli_member_key(member, name, sizeof name));
      cli_add_clean(out, text.data);
    }
    cli_free_buffer(&text);
  }
}

/* What is about to be sent, in the user's own terms. */
static void describe(cli_buffer *out, const cli_arguments *arguments, const char *exchange,
                     const bourse_exchange *handle) {
  static const char *const worlds[] = {"", "live", "testnet", "demo"};
  const bourse_request *request = &arguments->request;
  int32_t world = bourse_exchange_environment(handle);
  cli_add_format(out, "%s at %s (%s):", arguments->info->name, exchange,
                 world >= 1 && world <= 3 ? worlds[world] : "live");
  describe_order(out, bourse_schema_request(), request);
  for (uint32_t i = 0; i < request->symbol_count; i++) cli_add_format(out, " symbols=%s", request->symbols[i]);
  for (uint32_t i = 0; i < request->order_id_count; i++) cli_add_format(out, " order_ids=%s", request->order_ids[i]);
  for (uint32_t i = 0; i < request->client_order_id_count; i++)
    cli_add_format(out, " client_order_ids=%s", request->client_order_ids[i]);
  for (uint32_t i = 0; i < request->param_count; i++)
    cli_add_format(out, " param.%s=%s", request->params[i].name, request->params[i].value);
  for (uint32_t i = 0; i < request->order_count; i++) {
    if (request->order_count > 1) cli_add_format(out, "\n  order %u:", i + 1);
    describe_order(out, bourse_schema_order_request(), request->orders[i]);
  }
}

/* CLI_OK to go on. Asked only where somebody can answer. */
static int confirm(const cli_options *options, const cli_arguments *arguments, const char *exchange,
                   const bourse_exchange *handle) {
  if (options->yes || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) return CLI_OK;
  cli_buffer text = {0};
  char answer[16] = "";
  describe(&text, arguments, exchange, handle);
  fprintf(stderr, "%s\nSend this%s? [y/N] ", text.data,
          arguments->info->flags & (BOURSE_OPERATION_ORDER | BOURSE_OPERATION_ORDERS) ? " order" : "");
  cli_free_buffer(&text);
  fflush(stderr);
  if (fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y')) return CLI_OK;
  return cli_fail(CLI_LOCAL, "nothing was sent");
}

/* Orders of a batch fail one by one: the first failure, or any doubt, gives the exit code. */
static int judge_orders(const cli_options *options, const bourse_result *result, const char *exchange) {
  int code = CLI_OK;
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    const bourse_order *order = bourse_result_order(result, i);
    if (order == NULL || order->error == BOURSE_OK) continue;
    int own = cli_exit_code(order->error, order->outcome);
    cli_fail(0, "order %u at %s: %s%s%s, outcome %s%s%s", i + 1, exchange, bourse_error_name(order->error),
             order->error_message != NULL ? ": " : "", order->error_message != NULL ? order->error_message : "",
             bourse_outcome_name(order->outcome), order->client_order_id != NULL ? ", client order id " : "",
             order->client_order_id != NULL ? order->client_order_id : "");
    if (order->outcome == BOURSE_OUTCOME_UNKNOWN && order->client_order_id != NULL)
      cli_say_how_to_resolve(options, exchange, order->client_order_id);
    if (code == CLI_OK || own == CLI_UNKNOWN) code = own;
  }
  return code;
}

void cli_choose_product(const bourse_exchange *exchange, const cli_options *options, cli_arguments *arguments) {
  bourse_request *request = &arguments->request;
  if (acts(arguments) || request->product != 0 || options->product != 0 || cli_arguments_symbol(arguments) != NULL)
    return;
  for (int32_t product = BOURSE_PRODUCT_SPOT; product <= BOURSE_PRODUCT_OPTION; product++) {
    if (bourse_supports(exchange, request->operation, product, request->margin_mode) == 0) continue;
    if (product != BOURSE_PRODUCT_SPOT) request->product = product;
    return;
  }
}

static int execute(cli_session *session, const cli_options *options, const char *exchange, cli_arguments *arguments) {
  bourse_result *result = NULL;
  cli_choose_product(session->exchange, options, arguments);
  if (options->raw) arguments->request.keep_raw = BOURSE_YES;
  if (acts(arguments)) cli_set_memory_exit(CLI_UNKNOWN);
  int32_t error = bourse_execute(&result, session->exchange, &arguments->request);
  if (error != BOURSE_OK) return cli_report(options, bourse_context_error(session->context), arguments);
  cli_print_result(options, result);
  int code = judge_orders(options, result, exchange);
  if (options->raw && bourse_result_raw(result, NULL) == NULL) cli_warn("%s has no raw reply", exchange);
  if (bourse_result_cursor(result) != NULL && options->format == CLI_TABLE)
    cli_fail(0, "there is more: cursor=%s", bourse_result_cursor(result));
  bourse_result_free(result);
  cli_set_memory_exit(CLI_LOCAL);
  return code;
}

int cli_run(const cli_options *options, const char *exchange, cli_arguments *arguments) {
  int code = cli_check_columns(options, arguments->info->kind);
  if (code != CLI_OK) return code;
  arguments->exchange = exchange;
  int money = acts(arguments) && !is_paper(exchange);
  if (money && !options->live) return cli_preview(options, exchange, arguments);
  cli_session session = {0};
  session.wants_journal = money || (arguments->info->flags & BOURSE_OPERATION_COMPOSED) != 0;
  /* The paper exchange forgets its orders; but a halt of it can be tried. */
  if (acts(arguments) && options->journal_file != NULL) session.wants_journal = 1;
  int flags = (money ? CLI_MONEY : 0) | (cli_needs_keys(arguments) ? CLI_NEEDS_KEYS : 0);
  code = cli_open(&session, options, exchange, is_paper(exchange) ? CLI_NO_KEYS : flags);
  if (code == CLI_OK) code = cli_load_markets(&session, options);
  if (code == CLI_OK && money) code = confirm(options, arguments, exchange, session.exchange);
  if (code == CLI_OK) code = execute(&session, options, exchange, arguments);
  cli_close(&session);
  return code;
}

int cli_call_arguments(cli_arguments *out, const char *verb, const char *const *words, uint32_t count) {
  memset(out, 0, sizeof *out);
  if (count < 2)
    return cli_fail(CLI_USAGE,
                    "usage: bourse %s EXCHANGE OPERATION [key=value ...]; \"bourse help operations\" lists them", verb);
  int32_t operation = bourse_operation_by_name(words[1]);
  if (operation == 0)
    return cli_fail(CLI_USAGE, "there is no operation called \"%s\"; \"bourse help operations\" lists them", words[1]);
  cli_arguments_init(out, bourse_schema_operation(operation));
  if (out->info->flags & BOURSE_OPERATION_STREAM)
    return cli_fail(CLI_USAGE, "%s is a stream: bourse watch %s %s ...", words[1], words[1] + strlen("watch_"),
                    words[0]);
  for (uint32_t i = 2; i < count; i++) {
    int code = cli_arguments_word(out, words[i]);
    if (code != CLI_OK) return code;
  }
  return CLI_OK;
}
