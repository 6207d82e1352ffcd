/* 06_live_ticker.c - prices of a market as they change. Usage: 06_live_ticker [EXCHANGE [SYMBOL [URL]]]
 * URL replaces the exchange's hosts, for a server of one's own. Ends after ten prices. */
#include <bourse.h>
#include <stdio.h>

static int print_ticker(const bourse_ticker *ticker) {
  char last[BOURSE_DECIMAL_TEXT_SIZE], bid[BOURSE_DECIMAL_TEXT_SIZE], ask[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal_format(last, sizeof last, &ticker->last);
  bourse_decimal_format(bid, sizeof bid, &ticker->bid);
  bourse_decimal_format(ask, sizeof ask, &ticker->ask);
  printf("%s last %s bid %s ask %s\n", ticker->symbol, last, bid, ask);
  return 1;
}

/* 1 for a price, -1 when the stream is closed for good, 0 for anything else. */
static int take(const bourse_stream_event *event) {
  static const char *const states[] = {"", "connecting", "syncing", "live", "stale", "closed"};
  if (event->kind == BOURSE_STREAM_DATA) return print_ticker(bourse_stream_event_record(event, 0));
  /* The stream makes its connection again by itself: an error is to be known, not to be mended. */
  if (event->kind == BOURSE_STREAM_ERROR) fprintf(stderr, "%s\n", event->error->message);
  if (event->kind == BOURSE_STREAM_STATE && event->symbol == NULL) fprintf(stderr, "%s\n", states[event->state]);
  return event->state == BOURSE_STREAM_CLOSED ? -1 : 0;
}

int main(int argc, char **argv) {
  bourse_context *context = NULL;
  bourse_exchange *exchange = NULL;
  bourse_stream *stream = NULL;
  const bourse_param host = {"*", argc > 3 ? argv[3] : "", 0, 0};
  bourse_options options = BOURSE_OPTIONS_INIT;
  options.hosts = &host;
  options.host_count = argc > 3;
  int32_t code = bourse_context_new(&context, NULL);
  if (code == BOURSE_OK) code = bourse_open(&exchange, context, argc > 1 ? argv[1] : "binance", &options);
  if (code == BOURSE_OK) code = bourse_watch_ticker(&stream, exchange, argc > 2 ? argv[2] : "BTC/USDT");
  int taken = 0;
  for (int prices = 0; code == BOURSE_OK && prices < 10 && taken >= 0; prices += taken > 0) {
    bourse_stream_event event = BOURSE_STREAM_EVENT_INIT;
    int32_t got = bourse_stream_wait(stream, &event, -1);
    code = got < 0 ? got : BOURSE_OK;
    taken = got > 0 ? take(&event) : 0;
  }
  if (code != BOURSE_OK) fprintf(stderr, "%s: %s\n", bourse_error_name(code), bourse_context_error(context)->message);
  bourse_stream_close(stream);
  bourse_close(exchange);
  bourse_context_free(context);
  return code != BOURSE_OK || taken < 0;
}
