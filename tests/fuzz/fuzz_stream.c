/* fuzz_stream.c - messages of streams, as exchanges would send them, through decoding, books and events. The first byte
 * chooses exchange and product; the messages follow, one a line.
 *
 * 1. Nothing is read outside of a message: each lies in memory of exactly its length.
 * 2. A book that can be read has bids falling, asks rising, no amount of zero, and its best bid below its best ask.
 * 3. Records can be copied and written: every pointer in them holds. */
#include <bourse.h>
#include <bourse/sys/replay.h>
#include <bourse/sys/schema.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(condition_)                                                      \
  do {                                                                           \
    if (!(condition_)) {                                                         \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition_); \
      abort();                                                                   \
    }                                                                            \
  } while (0)

static const struct {
  const char *exchange;
  int32_t product;
} places[] = {{"kraken", BOURSE_PRODUCT_SPOT},
              {"kraken", BOURSE_PRODUCT_LINEAR},
              {"binance", BOURSE_PRODUCT_SPOT},
              {"binance", BOURSE_PRODUCT_LINEAR},
              {"binance", BOURSE_PRODUCT_INVERSE}};
enum { PLACES = sizeof places / sizeof places[0] };

static bourse_context *context;
static bourse_exchange *handles[PLACES];

static void check_side(const bourse_stream *stream, const char *symbol, int32_t side) {
  bourse_level before, level;
  uint32_t count = 0;
  REQUIRE(bourse_book_count(&count, stream, symbol, side) == BOURSE_OK);
  for (uint32_t i = 0; i < count; i++, before = level) {
    REQUIRE(bourse_book_level(&level, stream, symbol, side, i) == BOURSE_OK);
    REQUIRE(bourse_decimal_sign(&level.amount) > 0);
    if (i == 0) continue;
    int32_t order = bourse_decimal_compare(&before.price, &level.price);
    REQUIRE(side == BOURSE_SIDE_BUY ? order > 0 : order < 0);
  }
}

static void check_book(const bourse_stream_event *event) {
  bourse_level bid, ask;
  if (bourse_book_best(&bid, &ask, event->stream, event->symbol) != BOURSE_OK) return;
  check_side(event->stream, event->symbol, BOURSE_SIDE_BUY);
  check_side(event->stream, event->symbol, BOURSE_SIDE_SELL);
  if (bourse_decimal_is_present(&bid.price) && bourse_decimal_is_present(&ask.price))
    REQUIRE(bourse_decimal_compare(&bid.price, &ask.price) < 0);
}

static void on_event(void *user_data, const bourse_stream_event *event) {
  size_t *read = user_data;
  if (event->kind != BOURSE_STREAM_DATA) return;
  if (event->record_kind == BOURSE_KIND_ORDER_BOOK && event->symbol != NULL) check_book(event);
  for (uint32_t i = 0; i < event->count; i++) {
    char text[2000];
    int64_t length = bourse_record_json(text, sizeof text, event->record_kind, bourse_stream_event_record(event, i));
    if (length > 0) *read += (size_t)length;
  }
}

static bourse_exchange *handle_of(size_t index) {
  bourse_options options = BOURSE_OPTIONS_INIT;
  if (context == NULL) REQUIRE(bourse_context_new(&context, NULL) == BOURSE_OK);
  options.product = places[index].product;
  if (handles[index] == NULL)
    REQUIRE(bourse_open(&handles[index], context, places[index].exchange, &options) == BOURSE_OK);
  return handles[index];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  bourse_replay *replay;
  size_t read = 0;
  if (size < 2) return 0;
  size_t index = data[0] % PLACES;
  REQUIRE(bourse_replay_new(&replay, handle_of(index), on_event, &read) == BOURSE_OK);
  REQUIRE(bourse_replay_open(replay, 1, NULL, places[index].product) == BOURSE_OK);
  for (const uint8_t *line = data + 1, *end = data + size; line < end;) {
    const uint8_t *close = memchr(line, '\n', (size_t)(end - line));
    size_t length = (size_t)((close == NULL ? end : close) - line);
    char *message = malloc(length == 0 ? 1 : length);
    if (message == NULL) break;
    memcpy(message, line, length);
    bourse_replay_message(replay, 1, message, length, 1);
    free(message);
    line += length + 1;
  }
  bourse_replay_free(replay);
  return 0;
}
