/* fuzz_stream.c - messages of streams, as exchanges would send them, through decoding, books and events. The first byte
 * chooses exchange and product; the messages follow, one a line.
 *
 * 1. Nothing is read outside of a message: each lies in memory of exactly its length.
 * 2. A book that can be read has bids falling, asks rising, no amount of zero, and its best bid below its best ask.
 * 3. Records can be copied and written: every pointer in them holds.
 * 4. Blanks in an event change nothing: short ways for messages in their usual form tell what the tables tell. */
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
              {"binance", BOURSE_PRODUCT_INVERSE},
              {"coinbase", BOURSE_PRODUCT_SPOT},
              {"coinbase", BOURSE_PRODUCT_LINEAR},
              {"okx", BOURSE_PRODUCT_SPOT},
              {"okx", BOURSE_PRODUCT_LINEAR},
              {"okx", BOURSE_PRODUCT_INVERSE},
              {"bybit", BOURSE_PRODUCT_SPOT},
              {"bybit", BOURSE_PRODUCT_LINEAR},
              {"bybit", BOURSE_PRODUCT_INVERSE},
              {"kucoin", BOURSE_PRODUCT_SPOT},
              {"kucoin", BOURSE_PRODUCT_LINEAR},
              {"kucoin", BOURSE_PRODUCT_INVERSE}};
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

/* What a replay told so far. */
typedef struct told {
  uint64_t hash;
} told;

static void add(told *t, const void *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) t->hash = (t->hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(1099511628211);
}

static void on_event(void *user_data, const bourse_stream_event *event) {
  told *t = user_data;
  if (event->kind == BOURSE_STREAM_STATE) return; /* of topics that a replay only meets in a message that is no good */
  add(t, &event->kind, sizeof event->kind);
  add(t, &event->record_kind, sizeof event->record_kind);
  if (event->kind != BOURSE_STREAM_DATA) return;
  if (event->record_kind == BOURSE_KIND_ORDER_BOOK && event->symbol != NULL) check_book(event);
  for (uint32_t i = 0; i < event->count; i++) {
    char text[2000];
    int64_t length = bourse_record_json(text, sizeof text, event->record_kind, bourse_stream_event_record(event, i));
    if (length > 0) add(t, text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1);
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

/* Where blanks may begin: behind the envelope of an event, so that messages which are half an event and half an answer
 * are taken for the same. */
static size_t behind_envelope(const uint8_t *line, size_t length) {
  static const char key[] = "\"data\":";
  for (size_t i = 0; i + sizeof key <= length && i < 100; i++)
    if (memcmp(line + i, key, sizeof key - 1) == 0) return i + sizeof key - 1;
  return 1;
}

/* Copies the line into memory of exactly its length, with a blank behind every brace, bracket and comma if wanted. */
static char *copy_line(size_t *written, const uint8_t *line, size_t length, int blanks) {
  char *copy = malloc(2 * length + 1);
  size_t first = behind_envelope(line, length);
  int quoted = 0;
  *written = 0;
  if (copy == NULL) abort();
  for (size_t i = 0; i < length; i++) {
    copy[(*written)++] = (char)line[i];
    if (line[i] == '\\' && quoted && i + 1 < length)
      copy[(*written)++] = (char)line[++i];
    else if (line[i] == '"')
      quoted = !quoted;
    else if (blanks && !quoted && i >= first && strchr("{[,", line[i]) != NULL && line[i] != 0)
      copy[(*written)++] = ' ';
  }
  char *exact = malloc(*written == 0 ? 1 : *written);
  if (exact == NULL) abort();
  memcpy(exact, copy, *written);
  free(copy);
  return exact;
}

static int32_t feed(bourse_replay *replay, const uint8_t *line, size_t length, int blanks) {
  size_t written;
  char *message = copy_line(&written, line, length, blanks);
  int32_t code = bourse_replay_message(replay, 1, message, written, 1);
  free(message);
  return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  bourse_replay *replays[2];
  told heard[2] = {{1}, {1}};
  if (size < 2) return 0;
  size_t index = data[0] % PLACES;
  for (int i = 0; i < 2; i++) {
    REQUIRE(bourse_replay_new(&replays[i], handle_of(index), on_event, &heard[i]) == BOURSE_OK);
    REQUIRE(bourse_replay_open(replays[i], 1, NULL, places[index].product) == BOURSE_OK);
  }
  for (const uint8_t *line = data + 1, *end = data + size; line < end;) {
    const uint8_t *close = memchr(line, '\n', (size_t)(end - line));
    size_t length = (size_t)((close == NULL ? end : close) - line);
    int32_t code = feed(replays[0], line, length, 0);
    REQUIRE(feed(replays[1], line, length, 1) == code);
    if (heard[0].hash != heard[1].hash)
      fprintf(stderr, "told otherwise with blanks: %.*s\n", (int)length, (const char *)line);
    REQUIRE(heard[0].hash == heard[1].hash);
    line += length + 1;
  }
  for (int i = 0; i < 2; i++) bourse_replay_free(replays[i]);
  return 0;
}
