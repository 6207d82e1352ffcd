/* 02_candles.c - candles of a span of time, a page at a time, printed with the digits the exchange wrote.
 *
 * Usage: 02_candles [EXCHANGE [SYMBOL [TIMEFRAME [SINCE [UNTIL]]]]]
 * SINCE and UNTIL are ISO 8601 ("2025-10-09" or "2025-10-09T08:00Z"); without them: the last two hours. */
#include <bourse.h>
#include <stdio.h>

#define PAGE 50

static int fail(const bourse_context *context, int32_t code) {
  fprintf(stderr, "%s: %s\n", bourse_error_name(code), bourse_context_error(context)->message);
  return 1;
}

static void print_candle(const bourse_candle *candle) {
  const bourse_decimal *values[] = {&candle->open, &candle->high, &candle->low, &candle->close, &candle->volume};
  char text[BOURSE_DECIMAL_TEXT_SIZE], time[BOURSE_TIME_TEXT_SIZE];
  if (bourse_time_format(time, sizeof time, candle->time_ns) != BOURSE_OK) return;
  printf("%s", time);
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    bourse_decimal_format(text, sizeof text, values[i]); /* "" when the exchange did not send it */
    printf(" %s", text);
  }
  printf("%s\n", candle->closed == BOURSE_NO ? " (moving)" : "");
}

/* The exchange's time, so that a wrong clock here does not matter; 0 on failure. */
static int64_t exchange_time(bourse_exchange *exchange) {
  bourse_result *result;
  int64_t now = 0;
  if (bourse_fetch_time(&result, exchange) == BOURSE_OK) now = bourse_result_server_time(result, 0)->time_ns;
  bourse_result_free(result);
  return now;
}

/* Asks for page after page: the next begins just after the last candle of the one before. Had `limit` been larger
 * than the exchange's own page, the library would have made several requests for each call. */
static int32_t print_span(bourse_exchange *exchange, const char *symbol, const char *timeframe, int64_t since,
                          int64_t until) {
  uint32_t candles = 0, pages = 0, count;
  do {
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_CANDLES);
    bourse_result *result;
    request.symbol = symbol;
    request.timeframe = timeframe;
    request.since_ns = since;
    request.until_ns = until;
    request.limit = PAGE;
    int32_t code = bourse_execute(&result, exchange, &request);
    if (code != BOURSE_OK) return code;
    count = bourse_result_count(result);
    for (uint32_t i = 0; i < count; i++) print_candle(bourse_result_candle(result, i));
    if (count > 0) since = bourse_result_candle(result, count - 1)->time_ns + 1000000;
    candles += count;
    pages += count > 0;
    bourse_result_free(result);
  } while (count == PAGE && since <= until);
  printf("%u candles in %u pages\n", candles, pages);
  return BOURSE_OK;
}

int main(int argc, char **argv) {
  bourse_context *context = NULL;
  bourse_exchange *exchange = NULL;
  int64_t since = 0, until = 0;
  if ((argc > 4 && bourse_time_parse(&since, argv[4]) != BOURSE_OK) ||
      (argc > 5 && bourse_time_parse(&until, argv[5]) != BOURSE_OK)) {
    fprintf(stderr, "a time is wanted, such as 2025-10-09 or 2025-10-09T08:00:00Z\n");
    return 2;
  }
  int32_t code = bourse_context_new(&context, NULL);
  if (code == BOURSE_OK) code = bourse_open(&exchange, context, argc > 1 ? argv[1] : "paper", NULL);
  if (code == BOURSE_OK) {
    if (until == 0) until = exchange_time(exchange);
    if (since == 0) since = until - INT64_C(7200) * 1000000000;
    code = print_span(exchange, argc > 2 ? argv[2] : "BTC/USDT", argc > 3 ? argv[3] : "1m", since, until);
  }
  int status = code == BOURSE_OK ? 0 : fail(context, code);
  bourse_close(exchange);
  bourse_context_free(context);
  return status;
}
