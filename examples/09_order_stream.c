/* 09_order_stream.c - own orders and fills as they change, at Binance's test net unless told otherwise.
 *
 *     export API_KEY=... API_SECRET=...    # never as arguments: other processes can read those
 *     09_order_stream [EXCHANGE [SYMBOL [live|testnet|demo [URL]]]]
 *
 * After each connection the library asks by request for what may have been missed: such records are marked RECONCILED, and
 * what was told before is not told again. Every record is an order's or a fill's whole state, so a program has only to put it
 * in the place of what it knew under that id. Ends with a line on standard input, or its end. */
#include <bourse.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *status_name(int32_t status) {
  switch (status) {
    case BOURSE_ORDER_OPEN: return "open";
    case BOURSE_ORDER_FILLED: return "filled";
    case BOURSE_ORDER_CANCELED: return "canceled";
    case BOURSE_ORDER_REJECTED: return "rejected";
    case BOURSE_ORDER_EXPIRED: return "expired";
    case BOURSE_ORDER_UNTRIGGERED: return "untriggered";
    case BOURSE_ORDER_TRIGGERED: return "triggered";
    default: return "other";
  }
}

static void print_flags(const bourse_stream_event *event) {
  if (event->flags & BOURSE_STREAM_SNAPSHOT) printf(" [whole state]");
  if (event->flags & BOURSE_STREAM_RECONCILED) printf(" [reconciled]");
  printf("\n");
}

static void print_order(const bourse_order *order) {
  char amount[BOURSE_DECIMAL_TEXT_SIZE], price[BOURSE_DECIMAL_TEXT_SIZE], filled[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal_format(amount, sizeof amount, &order->amount);
  bourse_decimal_format(price, sizeof price, &order->price);
  bourse_decimal_format(filled, sizeof filled, &order->filled);
  printf("order %s %s: %s %s at %s, %s, filled %s", order->id,
         order->client_order_id != NULL ? order->client_order_id : "", order->side == BOURSE_SIDE_BUY ? "buy" : "sell",
         amount, price, status_name(order->status), filled);
}

static void print_fill(const bourse_fill *fill) {
  char amount[BOURSE_DECIMAL_TEXT_SIZE], price[BOURSE_DECIMAL_TEXT_SIZE], fee[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal_format(amount, sizeof amount, &fill->amount);
  bourse_decimal_format(price, sizeof price, &fill->price);
  bourse_decimal_format(fee, sizeof fee, &fill->fee);
  printf("fill %s of order %s: %s at %s, fee %s %s", fill->id, fill->order_id, amount, price, fee,
         fill->fee_currency != NULL ? fill->fee_currency : "");
}

static void take(const bourse_stream_event *event) {
  static const char *const states[] = {"",      "connecting", "syncing", "live", "stale: orders may change unseen",
                                       "closed"};
  const char *what = event->operation == BOURSE_OP_WATCH_ORDERS ? "orders" : "fills";
  if (event->kind == BOURSE_STREAM_ERROR) fprintf(stderr, "%s: %s\n", what, event->error->message);
  if (event->kind == BOURSE_STREAM_STATE && event->symbol == NULL) printf("%s: %s\n", what, states[event->state]);
  for (uint32_t i = 0; event->kind == BOURSE_STREAM_DATA && i < event->count; i++) {
    if (event->record_kind == BOURSE_KIND_ORDER) print_order(bourse_stream_event_record(event, i));
    if (event->record_kind == BOURSE_KIND_FILL) print_fill(bourse_stream_event_record(event, i));
    print_flags(event);
  }
  fflush(stdout);
}

/* Until standard input says something. */
static int32_t run_loop(bourse_context *context) {
  for (;;) {
    bourse_stream *stream;
    struct pollfd watched[] = {{bourse_fd(context), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
    int64_t wait = bourse_timeout_ms(context);
    if (poll(watched, 2, wait > INT_MAX ? INT_MAX : (int)wait) < 0 && errno != EINTR) return BOURSE_ERROR_IO;
    int32_t code = bourse_run(context, 0);
    if (code < 0) return code;
    while ((stream = bourse_stream_ready(context)) != NULL) {
      bourse_stream_event event = BOURSE_STREAM_EVENT_INIT;
      if (bourse_stream_next(stream, &event) > 0) take(&event);
    }
    if (watched[1].revents != 0) return BOURSE_OK;
  }
}

/* A stream of the account's own data; of one symbol, which some exchanges want for what is asked by request. */
static int32_t watch(bourse_stream **out, bourse_exchange *exchange, int32_t operation, const char *symbol) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  request.symbol = symbol;
  return bourse_watch(out, exchange, &request, NULL);
}

int main(int argc, char **argv) {
  bourse_context *context = NULL;
  bourse_exchange *exchange = NULL;
  bourse_stream *orders = NULL, *fills = NULL;
  const char *world = argc > 3 ? argv[3] : "testnet", *symbol = argc > 2 ? argv[2] : "BTC/USDT";
  const bourse_param host = {"*", argc > 4 ? argv[4] : "", 0, 0};
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  credentials.api_key = getenv("API_KEY");
  credentials.secret = getenv("API_SECRET");
  if (credentials.api_key == NULL || credentials.secret == NULL) {
    fprintf(stderr, "give a key in API_KEY and its secret in API_SECRET\n");
    return 2;
  }
  credentials.environment = strcmp(world, "live") == 0   ? BOURSE_LIVE
                            : strcmp(world, "demo") == 0 ? BOURSE_DEMO
                                                         : BOURSE_TESTNET;
  options.credentials = &credentials;
  options.hosts = &host;
  options.host_count = argc > 4;
  int32_t code = bourse_context_new(&context, NULL);
  if (code == BOURSE_OK) code = bourse_open(&exchange, context, argc > 1 ? argv[1] : "binance", &options);
  if (code == BOURSE_OK) code = watch(&orders, exchange, BOURSE_OP_WATCH_ORDERS, symbol);
  if (code == BOURSE_OK) code = watch(&fills, exchange, BOURSE_OP_WATCH_MY_TRADES, symbol);
  if (code == BOURSE_OK) code = run_loop(context);
  if (code != BOURSE_OK) fprintf(stderr, "%s: %s\n", bourse_error_name(code), bourse_context_error(context)->message);
  bourse_stream_close(fills);
  bourse_stream_close(orders);
  bourse_close(exchange);
  bourse_context_free(context);
  return code != BOURSE_OK;
}
