/* frozen/program.c - a program as it was written for 0.1: it loads an exchange of its own as a plugin, trades there and on paper, and
 * prints what it saw. It is not to be changed: it must go on printing the same, compiled with the headers of then or of now.
 * Usage: program ADAPTER.so JOURNAL */
#include <bourse.h>
#include <bourse/sys/adapter.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* --- In place of the network --- */


static int32_t answer(bourse_exchange_token *token, int32_t status, const char *body) {
  bourse_http_reply reply;
  memset(&reply, 0, sizeof reply);
  reply.struct_size = sizeof reply;
  reply.http_status = status;
  reply.sent = BOURSE_YES;
  reply.body = body;
  reply.body_length = strlen(body);
  bourse_transport_complete(token, &reply);
  return BOURSE_OK;
}

static int32_t canned_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  (void)user_data;
  printf("> %s %s\n", request->method, request->url);
  for (uint32_t i = 0; i < request->header_count; i++)
    if (strcmp(request->headers[i].name, "X-Corner-Sign") == 0)
      printf("> signed with %zu hex digits\n", strlen(request->headers[i].value));
  if (request->body != NULL) printf("> %.*s\n", (int)request->body_length, request->body);
  if (strstr(request->url, "/v1/markets") != NULL)
    return answer(token, 200,
                  "{\"markets\":[{\"name\":\"BTC-USDT\",\"base\":\"BTC\",\"quote\":\"USDT\",\"tick\":\"0.01\","
                  "\"step\":\"0.0001\",\"least\":\"0.0001\",\"trading\":true}]}");
  if (strstr(request->url, "/v1/ticker?market=BTC-USDT") != NULL)
    return answer(token, 200,
                  "{\"time\":1760000000123,\"last\":\"60000.10\",\"bid\":\"60000.00\",\"ask\":\"60000.20\"}");
  if (request->body != NULL && strstr(request->body, "\"amount\":\"9000\"") != NULL)
    return answer(token, 400, "{\"code\":\"NO_MONEY\",\"text\":\"9000 BTC is more than you have\"}");
  if (request->body != NULL) return answer(token, 200, "{\"id\":9007199254740993,\"state\":\"open\",\"filled\":\"0\"}");
  return answer(token, 404, "nothing here");
}

/* Nothing stays under way here, since every request is answered inside send. */
static void canned_cancel(void *user_data, bourse_exchange_token *token) {
  (void)user_data;
  (void)token;
}

/* --- What a program does --- */

static int failures;

static void expect(const char *what, int32_t code, int32_t wanted) {
  printf("%s: %s\n", what, bourse_error_name(code));
  if (code != wanted) failures++;
}

static void print_decimal(const char *what, const bourse_decimal *value) {
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal_format(text, sizeof text, value);
  printf("%s %s\n", what, text);
}

static int32_t place(bourse_exchange *exchange, const char *amount, const char *price, const char *client_order_id) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  bourse_result *result = NULL;
  order.symbol = "BTC/USDT";
  order.side = BOURSE_SIDE_BUY;
  order.type = BOURSE_ORDER_LIMIT;
  order.client_order_id = client_order_id;
  bourse_decimal_parse(&order.price, price, SIZE_MAX);
  bourse_decimal_parse(&order.amount, amount, SIZE_MAX);
  int32_t code = bourse_create_order(&result, exchange, &order);
  const bourse_error *error = bourse_context_error(bourse_exchange_context(exchange));
  if (code != BOURSE_OK)
    printf("%s %s %s\n", error->client_order_id, bourse_outcome_name(error->outcome), error->exchange_code);
  else
    printf("%s is %d\n", bourse_result_order(result, 0)->client_order_id, bourse_result_order(result, 0)->status);
  bourse_result_free(result);
  return code;
}

static void trade_there(bourse_context *context, const bourse_adapter *adapter) {
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_exchange *exchange = NULL;
  bourse_result *result = NULL;
  credentials.api_key = "example-key";
  credentials.secret = "example-secret";
  options.credentials = &credentials;
  options.auto_resolve = BOURSE_NO;
  bourse_decimal_parse(&options.max_order_notional, "100000000000", SIZE_MAX);
  expect("register", bourse_register(context, adapter), BOURSE_OK);
  expect("open", bourse_open(&exchange, context, "corner", &options), BOURSE_OK);
  expect("ticker", bourse_fetch_ticker(&result, exchange, "BTC/USDT"), BOURSE_OK);
  if (result != NULL) print_decimal("last", &bourse_result_ticker(result, 0)->last);
  bourse_result_free(result);
  expect("order", place(exchange, "0.0100", "59000.00", "first"), BOURSE_OK);
  expect("too fine", place(exchange, "0.01234567", "59000.00", "fine"), BOURSE_ERROR_PRECISION);
  expect("too much", place(exchange, "9000", "59000.00", "much"), BOURSE_ERROR_INSUFFICIENT_FUNDS);
  printf("supports %d %d\n", bourse_supports(exchange, BOURSE_OP_FETCH_TICKER, BOURSE_PRODUCT_SPOT, 0),
         bourse_supports(exchange, BOURSE_OP_WITHDRAW, 0, 0));
  bourse_close(exchange);
}

static void trade_on_paper(bourse_context *context) {
  bourse_exchange *exchange = NULL;
  bourse_result *result = NULL;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_ORDER_BOOK);
  bourse_event event = BOURSE_EVENT_INIT;
  uint64_t ticket = 0;
  expect("open paper", bourse_open(&exchange, context, "paper", NULL), BOURSE_OK);
  expect("order", place(exchange, "0.01", "50000.00", "paper-first"), BOURSE_OK);
  expect("open orders", bourse_fetch_open_orders(&result, exchange, NULL), BOURSE_OK);
  printf("open %u\n", bourse_result_count(result));
  if (bourse_result_count(result) > 0) print_decimal("price", &bourse_result_order(result, 0)->price);
  bourse_result_free(result);
  expect("cancel", bourse_cancel_order(&result, exchange, "BTC/USDT", NULL, "paper-first"), BOURSE_OK);
  bourse_result_free(result);
  request.symbol = "BTC/USDT";
  request.limit = 3;
  expect("submit", bourse_submit(exchange, &request, &ticket), BOURSE_OK);
  for (int i = 0; i < 1000 && bourse_next(context, &event) == 0; i++) bourse_run(context, 10);
  printf("event %d %d\n", event.kind, event.ticket == ticket);
  if (event.result != NULL) printf("levels %u\n", bourse_result_order_book(event.result, 0)->bid_count);
  bourse_result_free(event.result);
  request.operation = 9999;
  expect("no such operation", bourse_submit(exchange, &request, &ticket), BOURSE_ERROR_ARGUMENT);
  bourse_close(exchange);
}

int main(int argc, char **argv) {
  bourse_context *context = NULL;
  bourse_store_file *file = NULL;
  bourse_transport transport;
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  if (argc < 3) return 2;
  void *plugin = dlopen(argv[1], RTLD_NOW);
  const bourse_adapter *adapter = plugin == NULL ? NULL : dlsym(plugin, "corner_adapter");
  if (adapter == NULL) return fprintf(stderr, "%s\n", dlerror()), 2;
  memset(&transport, 0, sizeof transport);
  transport.struct_size = sizeof transport;
  transport.api_version = BOURSE_API_VERSION;
  transport.send = canned_send;
  transport.cancel = canned_cancel;
  options.transport = &transport;
  expect("journal", bourse_store_file_open(&file, argv[2], NULL), BOURSE_OK);
  options.store = bourse_store_file_store(file);
  expect("context", bourse_context_new(&context, &options), BOURSE_OK);
  trade_there(context, adapter);
  trade_on_paper(context);
  bourse_context_free(context);
  bourse_store_file_close(file);
  return failures > 0;
}
