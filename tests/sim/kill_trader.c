/* tests/sim/kill_trader.c - a host program as anyone would write it: it keeps its orders in a file, settles what a former life
 * left in doubt, and trades without a pause until it is killed.
 *
 *   kill_trader EXCHANGE URL JOURNAL trade SYMBOL
 *   kill_trader EXCHANGE URL JOURNAL settle SYMBOL     asks until nothing is unknown, and prints the journal */
#include <bourse.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fail(const char *what, const bourse_context *context) {
  fprintf(stderr, "%s: %s\n", what, context == NULL ? "" : bourse_context_error(context)->message);
  return 1;
}

static void trade(bourse_exchange *exchange, const char *symbol, unsigned seed) {
  printf("."); /* from here on it may be killed with an order on its way */
  fflush(stdout);
  for (unsigned i = 0;; i++) {
    bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
    bourse_result *result = NULL;
    unsigned roll = (seed + i * 7919u) % 10;
    order.symbol = symbol;
    order.side = i % 2 == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
    order.type = roll < 6 ? BOURSE_ORDER_MARKET : BOURSE_ORDER_LIMIT;
    bourse_decimal_parse(&order.amount, "0.01", 4);
    if (order.type == BOURSE_ORDER_LIMIT)
      bourse_decimal_parse(&order.price, order.side == BOURSE_SIDE_BUY ? "1000" : "9000", 4);
    const char *id = NULL; /* NULL: it failed, or its answer was lost */
    char text[64] = "";
    if (bourse_create_order(&result, exchange, &order) == BOURSE_OK) id = bourse_result_order(result, 0)->id;
    if (id != NULL)
      snprintf(text, sizeof text, "%s", id);
    else if (getenv("KILL_VERBOSE") != NULL)
      fprintf(stderr, "%s\n", bourse_context_error(bourse_exchange_context(exchange))->message);
    bourse_result_free(result);
    if (order.type == BOURSE_ORDER_LIMIT && text[0] != '\0' &&
        bourse_cancel_order(&result, exchange, order.symbol, text, NULL) == BOURSE_OK)
      bourse_result_free(result);
  }
}

/* What it learns within that time; it goes on from there the next time. Returns how many are unknown, -1: it cannot be said. */
static int64_t resolve(bourse_exchange *exchange, int64_t timeout_ms) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_RESOLVE_ORDERS);
  bourse_result *result;
  int64_t unknown = 0;
  request.timeout_ms = timeout_ms;
  if (bourse_execute(&result, exchange, &request) != BOURSE_OK) return -1;
  for (uint32_t i = 0; i < bourse_result_count(result); i++)
    unknown += bourse_result_order(result, i)->outcome == BOURSE_OUTCOME_UNKNOWN;
  bourse_result_free(result);
  return unknown;
}

static int settle(bourse_exchange *exchange, const bourse_context *context) {
  bourse_result *result;
  int64_t unknown = -1;
  for (int round = 0; unknown != 0 && round < 300; round++) {
    if (round > 0) sleep(1);
    unknown = resolve(exchange, 60000);
    if (getenv("KILL_VERBOSE") != NULL) fprintf(stderr, "%lld unknown\n", (long long)unknown);
  }
  if (bourse_fetch_journal(&result, exchange, NULL) != BOURSE_OK) return fail("the journal", context);
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    const bourse_journal_entry *entry = bourse_result_journal_entry(result, i);
    printf("%s %d %d\n", entry->client_order_id, entry->state, entry->outcome);
  }
  bourse_result_free(result);
  return 0;
}

int main(int argc, char **argv) {
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_options open = BOURSE_OPTIONS_INIT;
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_store_file_options file_options = BOURSE_STORE_FILE_OPTIONS_INIT;
  bourse_context *context;
  bourse_exchange *exchange;
  bourse_store_file *file;
  char message[256] = "";
  if (argc != 6 || getenv("KILL_KEY") == NULL || getenv("KILL_SECRET") == NULL) {
    fprintf(stderr, "usage: KILL_KEY=... KILL_SECRET=... kill_trader EXCHANGE URL JOURNAL trade|settle SYMBOL\n");
    return 2;
  }
  file_options.message = message;
  file_options.message_size = sizeof message;
  if (bourse_store_file_open(&file, argv[3], &file_options) != BOURSE_OK) {
    fprintf(stderr, "%s: %s\n", argv[3], message);
    return 1;
  }
  options.store = bourse_store_file_store(file);
  if (bourse_context_new(&context, &options) != BOURSE_OK) return fail("context", NULL);
  const bourse_param hosts[] = {{.name = "*", .value = argv[2]}};
  credentials.api_key = getenv("KILL_KEY");
  credentials.secret = getenv("KILL_SECRET");
  credentials.passphrase = getenv("KILL_PASSPHRASE");
  open.credentials = &credentials;
  open.hosts = hosts;
  open.host_count = 1;
  const bourse_param fast[] = {{.name = "tier", .value = "pro"}};
  if (strcmp(argv[1], "kraken") == 0) {
    open.settings = fast;
    open.setting_count = 1;
  }
  open.product = strchr(argv[5], ':') == NULL ? BOURSE_PRODUCT_SPOT : BOURSE_PRODUCT_LINEAR;
  open.auto_resolve = BOURSE_NO;
  if (bourse_open(&exchange, context, argv[1], &open) != BOURSE_OK) return fail("open", context);
  int status = 0;
  if (strcmp(argv[4], "settle") == 0) {
    status = settle(exchange, context);
  } else {
    resolve(exchange, 300); /* no longer: it is there to be killed while it sends */
    trade(exchange, argv[5], (unsigned)getpid());
  }
  bourse_close(exchange);
  bourse_context_free(context);
  bourse_store_file_close(file);
  return status;
}
