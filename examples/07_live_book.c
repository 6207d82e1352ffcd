/* 07_live_book.c - a proven order book and how it leans: the volume bid against the volume offered within one thousandth of
 * the best price. Exact decimals throughout. Usage: 07_live_book [EXCHANGE [SYMBOL [URL]]]; ends after ten changes.
 *
 * A book that is not proven cannot be read: when a message was lost, a GAP event tells so, and the book is STALE until the
 * library has repaired it. */
#include <bourse.h>
#include <stdio.h>

static const char *text_of(char out[BOURSE_DECIMAL_TEXT_SIZE], const bourse_decimal *value) {
  bourse_decimal_format(out, BOURSE_DECIMAL_TEXT_SIZE, value);
  return out;
}

/* Volume of a side from its best price to that price times `factor`. */
static int32_t volume_near(bourse_decimal *out, const bourse_stream *stream, const char *symbol, int32_t side,
                           const bourse_decimal *best, const char *factor) {
  bourse_decimal edge;
  int32_t code = bourse_decimal_parse(&edge, factor, SIZE_MAX);
  if (code == BOURSE_OK) code = bourse_decimal_mul(&edge, best, &edge);
  return code == BOURSE_OK ? bourse_book_volume(out, NULL, stream, symbol, side, &edge) : code;
}

/* (bids - asks) / (bids + asks): 1 when all of it is bid, -1 when all is offered. */
static int32_t imbalance_of(bourse_decimal *out, const bourse_decimal *bids, const bourse_decimal *asks) {
  bourse_decimal difference, sum;
  int32_t code = bourse_decimal_sub(&difference, bids, asks);
  if (code == BOURSE_OK) code = bourse_decimal_add(&sum, bids, asks);
  return code == BOURSE_OK ? bourse_decimal_div(out, &difference, &sum, 4, BOURSE_ROUND_HALF_EVEN) : code;
}

/* 1 when a line was printed. */
static int print_book(const bourse_stream *stream, const char *symbol) {
  char text[5][BOURSE_DECIMAL_TEXT_SIZE];
  bourse_level bid, ask;
  bourse_decimal bids, asks, imbalance;
  if (bourse_book_best(&bid, &ask, stream, symbol) != BOURSE_OK) return 0; /* stale again by now */
  if (!bourse_decimal_is_present(&bid.price) || !bourse_decimal_is_present(&ask.price)) return 0; /* a side is empty */
  if (volume_near(&bids, stream, symbol, BOURSE_SIDE_BUY, &bid.price, "0.999") != BOURSE_OK ||
      volume_near(&asks, stream, symbol, BOURSE_SIDE_SELL, &ask.price, "1.001") != BOURSE_OK ||
      imbalance_of(&imbalance, &bids, &asks) != BOURSE_OK)
    return 0;
  printf("%s bid %s ask %s near: %s bid, %s offered, imbalance %s\n", symbol, text_of(text[0], &bid.price),
         text_of(text[1], &ask.price), text_of(text[2], &bids), text_of(text[3], &asks), text_of(text[4], &imbalance));
  return 1;
}

/* 1 for a change printed, -1 when the stream is closed for good, 0 for anything else. */
static int take(const bourse_stream_event *event) {
  if (event->kind == BOURSE_STREAM_DATA) return print_book(event->stream, event->symbol);
  if (event->kind == BOURSE_STREAM_GAP) fprintf(stderr, "%s: messages were lost; being repaired\n", event->symbol);
  if (event->kind == BOURSE_STREAM_ERROR) fprintf(stderr, "%s\n", event->error->message);
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
  if (code == BOURSE_OK) code = bourse_watch_order_book(&stream, exchange, argc > 2 ? argv[2] : "BTC/USDT", 100);
  int taken = 0;
  for (int changes = 0; code == BOURSE_OK && changes < 10 && taken >= 0; changes += taken > 0) {
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
