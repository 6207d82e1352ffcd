/* 04_async.c - several requests at once from a poll loop of one's own.
 *
 * Two handles of one context: the paper exchange, and Binance at a server of this program that takes connections and
 * never answers, so that one request can be canceled and another runs into its time limit. Whatever handle, network
 * or timer something comes from: one descriptor, one timeout. */
#include <bourse.h>
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A listening socket whose connections the kernel takes and nobody answers. Its URL goes to `url`. */
static int silent_server(char *url, size_t size) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 8) != 0 ||
      getsockname(fd, (struct sockaddr *)&address, &length) != 0)
    return -1;
  snprintf(url, size, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
  return fd;
}

static void print_result(const char *how, const char *label, const bourse_result *result) {
  char last[BOURSE_DECIMAL_TEXT_SIZE];
  const bourse_ticker *ticker = bourse_result_ticker(result, 0);
  if (bourse_result_code(result) != BOURSE_OK) {
    printf("%s %s: %s\n", how, label, bourse_error_name(bourse_result_code(result)));
  } else if (ticker != NULL) {
    bourse_decimal_format(last, sizeof last, &ticker->last);
    printf("%s %s: %s %s\n", how, label, ticker->symbol, last);
  } else {
    printf("%s %s: %u records\n", how, label, bourse_result_count(result));
  }
}

static int open_requests; /* how many are still to come */

/* Called inside bourse_run only. */
static void on_ticker(void *user_data, bourse_event *event) {
  print_result("callback", user_data, event->result);
  bourse_result_free(event->result);
  open_requests--;
}

static int32_t start(bourse_exchange *exchange, const bourse_request *request, uint64_t *ticket) {
  int32_t code = bourse_submit(exchange, request, ticket);
  if (code == BOURSE_OK) open_requests++;
  return code;
}

static int32_t start_all(bourse_exchange *paper, bourse_exchange *silent, uint64_t *to_cancel) {
  static const char *const symbols[] = {"BTC/USDT", "ETH/USDT"};
  int32_t code = BOURSE_OK;
  for (size_t i = 0; i < 2 && code == BOURSE_OK; i++) {
    bourse_request ticker = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TICKER);
    ticker.symbol = symbols[i];
    ticker.user_data = i == 0 ? "ticker with callback" : "ticker";
    ticker.on_complete = i == 0 ? on_ticker : NULL;
    code = start(paper, &ticker, NULL);
  }
  bourse_request book = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_ORDER_BOOK);
  book.symbol = "BTC/USDT";
  book.user_data = "order book";
  if (code == BOURSE_OK) code = start(paper, &book, NULL);
  bourse_request time = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TIME);
  time.user_data = "time, canceled";
  if (code == BOURSE_OK) code = start(silent, &time, to_cancel);
  time.user_data = "time, limited to 300 ms";
  time.timeout_ms = 300;
  if (code == BOURSE_OK) code = start(silent, &time, NULL);
  return code;
}

static int32_t run_loop(bourse_context *context, uint64_t to_cancel) {
  while (open_requests > 0) {
    bourse_event event = BOURSE_EVENT_INIT;
    struct pollfd watched = {bourse_fd(context), POLLIN, 0}; /* a host's own descriptors would stand beside it */
    int64_t wait = bourse_timeout_ms(context);
    if (poll(&watched, 1, wait > INT_MAX ? INT_MAX : (int)wait) < 0 && errno != EINTR) return BOURSE_ERROR_IO;
    int32_t code = bourse_run(context, 0);
    if (code < 0) return code;
    while (bourse_next(context, &event) > 0) {
      print_result("queue", event.user_data, event.result);
      bourse_result_free(event.result);
      open_requests--;
    }
    if (to_cancel != 0) {
      code = bourse_cancel(context, to_cancel); /* it still completes, like any other */
      if (code != BOURSE_OK) return code;
      to_cancel = 0;
    }
  }
  return BOURSE_OK;
}

int main(void) {
  bourse_context *context = NULL;
  bourse_exchange *paper = NULL, *silent = NULL;
  uint64_t to_cancel = 0;
  char url[64];
  int server = silent_server(url, sizeof url);
  if (server < 0) {
    perror("listening on 127.0.0.1");
    return 1;
  }
  const bourse_param host = {"*", url, 0, 0};
  bourse_options options = BOURSE_OPTIONS_INIT;
  options.hosts = &host;
  options.host_count = 1;
  int32_t code = bourse_context_new(&context, NULL);
  if (code == BOURSE_OK) code = bourse_open(&paper, context, "paper", NULL);
  if (code == BOURSE_OK) code = bourse_open(&silent, context, "binance", &options);
  if (code == BOURSE_OK) code = start_all(paper, silent, &to_cancel);
  if (code == BOURSE_OK) code = run_loop(context, to_cancel);
  if (code != BOURSE_OK) fprintf(stderr, "%s: %s\n", bourse_error_name(code), bourse_context_error(context)->message);
  bourse_close(silent);
  bourse_close(paper);
  bourse_context_free(context);
  close(server);
  return code != BOURSE_OK;
}
