/* lists.c - which exchanges there are, and what they do. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name;
  int32_t product;
  int32_t margin_mode;
} kinds[] = {{"spot", BOURSE_PRODUCT_SPOT, 0},
             {"cross", BOURSE_PRODUCT_SPOT, BOURSE_MARGIN_CROSS},
             {"isolated", BOURSE_PRODUCT_SPOT, BOURSE_MARGIN_ISOLATED},
             {"linear", BOURSE_PRODUCT_LINEAR, 0},
             {"inverse", BOURSE_PRODUCT_INVERSE, 0},
             {"option", BOURSE_PRODUCT_OPTION, 0}};

#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

static void add_exchange(cli_grid *grid, const bourse_exchange *exchange, int32_t operation) {
  cli_buffer products = {0};
  const bourse_operation_info *info;
  uint32_t native = 0, emulated = 0;
  (void)operation;
  for (size_t k = 0; k < KIND_COUNT; k++) {
    if (bourse_supports(exchange, BOURSE_OP_CREATE_ORDER, kinds[k].product, kinds[k].margin_mode) != 0)
      cli_add_format(&products, "%s%s", products.length > 0 ? "," : "", kinds[k].name);
  }
  for (uint32_t i = 0; (info = bourse_schema_operation_at(i)) != NULL; i++) {
    int32_t how = bourse_supports(exchange, info->operation, 0, 0);
    native += how == BOURSE_NATIVE;
    emulated += how == BOURSE_EMULATED;
  }
  cli_grid_row(grid);
  cli_grid_set(grid, 0, cli_copy(bourse_exchange_name(exchange)));
  cli_grid_set(grid, 1, products.data);
  cli_grid_set(grid, 2, cli_format("%u", native));
  cli_grid_set(grid, 3, cli_format("%u", emulated));
}

static void add_capabilities(cli_grid *grid, const bourse_exchange *exchange, int32_t operation) {
  const bourse_operation_info *info;
  for (uint32_t i = 0; (info = bourse_schema_operation_at(i)) != NULL; i++) {
    if (operation != 0 && info->operation != operation) continue;
    cli_grid_row(grid);
    cli_grid_set(grid, 0, cli_copy(bourse_exchange_name(exchange)));
    cli_grid_set(grid, 1, cli_copy(info->name));
    for (size_t k = 0; k < KIND_COUNT; k++) {
      int32_t how = bourse_supports(exchange, info->operation, kinds[k].product, kinds[k].margin_mode);
      cli_grid_set(grid, (uint32_t)(2 + k),
                   cli_copy(how == BOURSE_NATIVE     ? "native"
                            : how == BOURSE_EMULATED ? "emulated"
                                                     : "no"));
    }
  }
}

/* Opens the exchange called `name`, or all, without keys, and lets `add` read its tables; then prints. */
static int list(const cli_options *options, cli_grid *grid, const char *name, int32_t operation,
                void (*add)(cli_grid *, const bourse_exchange *, int32_t)) {
  cli_options plain = {.format = options->format};
  cli_session session = {0};
  int code = name != NULL ? cli_open(&session, &plain, name, CLI_NO_KEYS) : cli_open_context(&session, &plain);
  if (code == CLI_OK && name != NULL) add(grid, session.exchange, operation);
  for (uint32_t i = 0; code == CLI_OK && name == NULL && bourse_exchange_at(session.context, i) != NULL; i++) {
    bourse_options open = BOURSE_OPTIONS_INIT;
    bourse_exchange *exchange = NULL;
    if (bourse_open(&exchange, session.context, bourse_exchange_at(session.context, i), &open) == BOURSE_OK)
      add(grid, exchange, operation);
    else
      code = cli_report(&plain, bourse_context_error(session.context), NULL);
    bourse_close(exchange);
  }
  if (code == CLI_OK)
    cli_grid_print(grid, options);
  else
    cli_grid_free(grid);
  cli_close(&session);
  return code;
}

int cli_list_exchanges(const cli_options *options, const char *const *words, uint32_t count) {
  static const char *const names[] = {"exchange", "products", "native_operations", "emulated_operations"};
  cli_grid grid;
  if (count > 0) return cli_fail(CLI_USAGE, "exchanges: unexpected \"%s\"", words[0]);
  cli_grid_init(&grid, names, 4);
  grid.right[2] = grid.right[3] = 1;
  return list(options, &grid, NULL, 0, add_exchange);
}

int cli_list_capabilities(const cli_options *options, const char *const *words, uint32_t count) {
  const char *names[2 + KIND_COUNT] = {"exchange", "operation"};
  cli_grid grid;
  int32_t operation = 0;
  for (size_t k = 0; k < KIND_COUNT; k++) names[2 + k] = kinds[k].name;
  if (count > 2) return cli_fail(CLI_USAGE, "capabilities: unexpected \"%s\"", words[2]);
  if (count == 2 && (operation = bourse_operation_by_name(words[1])) == 0)
    return cli_fail(CLI_USAGE, "there is no operation called \"%s\"; \"bourse help operations\" lists them", words[1]);
  cli_grid_init(&grid, names, 2 + KIND_COUNT);
  return list(options, &grid, count > 0 ? words[0] : NULL, operation, add_capabilities);
}
