/* libuv.c - the library in a libuv loop. Build with -luv. */
#define _POSIX_C_SOURCE 200809L /* for uv.h */
#include <bourse.h>
#include <stdio.h>
#include <uv.h>

static int left; /* requests that are still to come */

static void on_complete(void *user_data, bourse_event *event) {
  char price[BOURSE_DECIMAL_TEXT_SIZE] = "";
  const bourse_ticker *ticker = bourse_result_ticker(event->result, 0);
  const bourse_order *order = bourse_result_order(event->result, 0);
  if (ticker != NULL) bourse_decimal_format(price, sizeof price, &ticker->last);
  if (order != NULL) bourse_decimal_format(price, sizeof price, &order->average);
  printf("%s %s %s\n", (const char *)user_data, bourse_error_name(bourse_result_code(event->result)), price);
  bourse_result_free(event->result);
  left--;
}

static int32_t start(bourse_exchange *exchange, bourse_request *request, char *label) {
  request->on_complete = on_complete;
  request->user_data = label;
  int32_t code = bourse_submit(exchange, request, NULL);
  if (code == BOURSE_OK) left++;
  return code;
}

/* Three tickers and an order, all at once. */
static int32_t start_all(bourse_exchange *exchange) {
  static char symbols[][9] = {"BTC/USDT", "ETH/USDT", "ETH/BTC"}, order_label[] = "order";
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  const bourse_order_request *orders[] = {&order};
  bourse_request create = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  int32_t code = BOURSE_OK;
  for (size_t i = 0; i < 3 && code == BOURSE_OK; i++) {
    bourse_request ticker = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TICKER);
    ticker.symbol = symbols[i];
    code = start(exchange, &ticker, symbols[i]);
  }
  order.symbol = "BTC/USDT";
  order.side = BOURSE_SIDE_BUY;
  order.type = BOURSE_ORDER_MARKET;
  bourse_decimal_from_int64(&order.cost, 100);
  create.orders = orders;
  create.order_count = 1;
  return code == BOURSE_OK ? start(exchange, &create, order_label) : code;
}

typedef struct watcher {
  bourse_context *context;
  uv_poll_t readable;
  uv_timer_t timer;
  int32_t code;
} watcher;

static void work(watcher *w);

static void on_timer(uv_timer_t *timer) { work(timer->data); }

static void on_readable(uv_poll_t *readable, int status, int events) {
  (void)status;
  (void)events;
  work(readable->data);
}

/* What is due, and the timer for the next time. Without handles the loop ends by itself. */
static void work(watcher *w) {
  w->code = bourse_run(w->context, 0);
  int64_t wait = bourse_timeout_ms(w->context);
  uv_timer_stop(&w->timer);
  if (w->code < 0 || left == 0) {
    uv_close((uv_handle_t *)&w->readable, NULL);
    uv_close((uv_handle_t *)&w->timer, NULL);
  } else if (wait >= 0) {
    uv_timer_start(&w->timer, on_timer, (uint64_t)wait, 0);
  }
}

static int32_t run_loop(bourse_context *context) {
  uv_loop_t loop;
  watcher w = {.context = context};
  if (uv_loop_init(&loop) != 0) return BOURSE_ERROR_IO;
  uv_poll_init(&loop, &w.readable, bourse_fd(context));
  uv_timer_init(&loop, &w.timer);
  w.readable.data = w.timer.data = &w;
  uv_poll_start(&w.readable, UV_READABLE, on_readable);
  uv_timer_start(&w.timer, on_timer, 0, 0); /* a first look: something may be done already */
  uv_run(&loop, UV_RUN_DEFAULT);
  uv_loop_close(&loop);
  return w.code < 0 ? w.code : BOURSE_OK;
}

int main(void) {
  bourse_context *context = NULL;
  bourse_exchange *exchange = NULL;
  int32_t code = bourse_context_new(&context, NULL);
  if (code == BOURSE_OK) code = bourse_open(&exchange, context, "paper", NULL);
  if (code == BOURSE_OK) code = start_all(exchange);
  if (code == BOURSE_OK) code = run_loop(context);
  if (code != BOURSE_OK) fprintf(stderr, "%s: %s\n", bourse_error_name(code), bourse_context_error(context)->message);
  bourse_close(exchange);
  bourse_context_free(context);
  return code != BOURSE_OK;
}
