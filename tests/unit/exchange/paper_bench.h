/* paper_bench.h - a paper handle on a clock of the test's own, and short ways to use it. */
#ifndef PAPER_BENCH_H
#define PAPER_BENCH_H

#include <bourse.h>
#include <bourse/paper.h>
#include <bourse/sys/schema.h>
#include <inttypes.h>
#include <stdint.h>

#include "test.h"

#define SECOND INT64_C(1000000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define BTC    "BTC/USDT"
#define PERP   "BTC/USDT:USDT"
#define START  (INT64_C(1760000000) * SECOND)

typedef struct bench {
  int64_t now_ns;
  bourse_context *context;
  bourse_exchange *exchange;
} bench;

static inline int64_t clock_now(void *user_data) { return *(int64_t *)user_data; }

static inline bourse_decimal dec(const char *text) {
  bourse_decimal out = {0, 0, 0, 0};
  if (text != NULL && bourse_decimal_parse(&out, text, SIZE_MAX) != BOURSE_OK) abort();
  return out;
}

static inline int32_t equals(const bourse_decimal *value, const char *text) {
  bourse_decimal expected = dec(text);
  return bourse_decimal_is_present(value) && bourse_decimal_compare(value, &expected) == 0;
}

static inline void check_decimal(const bourse_decimal *value, const char *expected, const char *what, int line) {
  char text[BOURSE_DECIMAL_TEXT_SIZE] = "";
  if (equals(value, expected)) return;
  (void)bourse_decimal_format(text, sizeof text, value);
  test_failed_here = 1;
  printf("%s:%d: %s is \"%s\", expected %s\n", __FILE__, line, what, text, expected);
}
#define CHECK_DEC(value_, expected_) check_decimal(&(value_), (expected_), #value_, __LINE__)

static inline int32_t bench_open_with(bench *b, const bourse_allocator *allocator, const bourse_param *settings,
                                      uint32_t count, int32_t withdrawals) {
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_options handle = BOURSE_OPTIONS_INIT;
  memset(b, 0, sizeof *b);
  b->now_ns = START;
  options.clock = (bourse_clock){&b->now_ns, clock_now, clock_now};
  if (allocator != NULL) options.allocator = *allocator;
  handle.settings = settings;
  handle.setting_count = count;
  handle.allow_withdrawals = withdrawals;
  handle.market_refresh_ms = -1;
  int32_t code = bourse_context_new(&b->context, &options);
  if (code == BOURSE_OK) code = bourse_open(&b->exchange, b->context, "paper", &handle);
  return code;
}

static inline void bench_close(bench *b) {
  bourse_close(b->exchange);
  bourse_context_free(b->context);
}

static inline void bench_open(bench *b) {
  if (bench_open_with(b, NULL, NULL, 0, 0) != BOURSE_OK) abort();
}

static inline void bench_open_host(bench *b) {
  static const bourse_param settings[] = {{"feed", "host", 0, 0}, {"balance.ETH", "0", 0, 0}};
  if (bench_open_with(b, NULL, settings, 2, 0) != BOURSE_OK) abort();
}

static inline bourse_result *run(bench *b, const bourse_request *request, int32_t expected, int line) {
  bourse_result *result = NULL;
  int32_t code = bourse_execute(&result, b->exchange, request);
  if (code != expected) {
    test_failed_here = 1;
    printf("%s:%d: %s gave %s (%s), expected %s\n", __FILE__, line, bourse_operation_name(request->operation),
           bourse_error_name(code), bourse_context_error(b->context)->message, bourse_error_name(expected));
  }
  return result;
}
#define RUN(request_)          run(&b, &(request_), BOURSE_OK, __LINE__)
#define FAILS(request_, code_) bourse_result_free(run(&b, &(request_), (code_), __LINE__))

static inline bourse_request about(int32_t operation, const char *symbol) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  request.symbol = symbol;
  return request;
}

static inline bourse_order_request order_of(const char *symbol, int32_t side, const char *amount, const char *price) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  order.symbol = symbol;
  order.side = side;
  order.type = price == NULL ? BOURSE_ORDER_MARKET : BOURSE_ORDER_LIMIT;
  order.amount = dec(amount);
  order.price = dec(price);
  return order;
}

static inline bourse_result *place(bench *b, const bourse_order_request *order, int32_t expected, int line) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  request.orders = &order;
  request.order_count = 1;
  return run(b, &request, expected, line);
}
#define PLACE(order_) place(&b, &(order_), BOURSE_OK, __LINE__)
#define REFUSED(order_, code_)                                                      \
  do {                                                                              \
    bourse_result_free(place(&b, &(order_), (code_), __LINE__));                    \
    CHECK_INT(bourse_context_error(b.context)->outcome,                             \
              (code_) <= -400 ? BOURSE_OUTCOME_REJECTED : BOURSE_OUTCOME_NOT_SENT); \
  } while (0)

static inline int32_t quote(bench *b, const char *symbol, const char *bid, const char *ask) {
  bourse_decimal bid_price = dec(bid), ask_price = dec(ask), none = dec(NULL);
  return bourse_paper_quote(b->exchange, symbol, &bid_price, &none, &ask_price, &none);
}

static inline int32_t trade(bench *b, const char *symbol, int32_t side, const char *price, const char *amount) {
  bourse_decimal p = dec(price), a = dec(amount);
  return bourse_paper_trade(b->exchange, symbol, side, &p, &a);
}

static inline void check_balance(bench *b, int32_t wallet, const char *currency, const char *total, const char *used,
                                 int line) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_BALANCE);
  request.currency = currency;
  request.wallet = wallet;
  bourse_result *result = run(b, &request, BOURSE_OK, line);
  const bourse_balance *balance = bourse_result_balance(result, 0);
  if (balance != NULL) {
    check_decimal(&balance->total, total, "total", line);
    check_decimal(&balance->used, used, "used", line);
    bourse_decimal sum;
    CHECK_INT(bourse_decimal_add(&sum, &balance->free, &balance->used), BOURSE_OK);
    CHECK(bourse_decimal_compare(&sum, &balance->total) == 0);
  } else {
    TEST_FAIL("line %d: no balance", line);
  }
  bourse_result_free(result);
}
#define BALANCE(wallet_, currency_, total_, used_) \
  check_balance(&b, (wallet_), (currency_), (total_), (used_), __LINE__)

static inline bourse_result *candles(bench *b, const char *symbol, const char *frame, int64_t since, int64_t until,
                                     uint32_t limit) {
  bourse_request r = about(BOURSE_OP_FETCH_CANDLES, symbol);
  r.timeframe = frame;
  r.since_ns = since;
  r.until_ns = until;
  r.limit = limit;
  return run(b, &r, BOURSE_OK, __LINE__);
}

#endif
