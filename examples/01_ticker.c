/* 01_ticker.c - the last price of one market. Usage: 01_ticker [EXCHANGE [SYMBOL]] */
#include <bourse.h>
#include <stdio.h>

int main(int argc, char **argv) {
  bourse_context *context = NULL;
  bourse_exchange *exchange = NULL;
  bourse_result *result = NULL;
  char last[BOURSE_DECIMAL_TEXT_SIZE];
  int32_t code = bourse_context_new(&context, NULL);
  if (code == BOURSE_OK) code = bourse_open(&exchange, context, argc > 1 ? argv[1] : "paper", NULL);
  if (code == BOURSE_OK) code = bourse_fetch_ticker(&result, exchange, argc > 2 ? argv[2] : "BTC/USDT");
  if (code == BOURSE_OK) {
    bourse_decimal_format(last, sizeof last, &bourse_result_ticker(result, 0)->last);
    printf("%s %s\n", bourse_result_ticker(result, 0)->symbol, last);
  } else {
    fprintf(stderr, "%s: %s\n", bourse_error_name(code), bourse_context_error(context)->message);
  }
  bourse_result_free(result);
  bourse_close(exchange);
  bourse_context_free(context);
  return code != BOURSE_OK;
}
