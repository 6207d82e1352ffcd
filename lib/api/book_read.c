/* api/book_read.c - reading the books that streams keep. Only what is proven can be read. */
#include <string.h>

#include "api/streaming.h"

static int32_t fail(const bourse_stream *stream, int32_t code, const char *field, const char *message,
                    const char *symbol) {
  if (stream->context == NULL) return code;
  return bourse__failure_set(&stream->context->failure, code, field, message, symbol == NULL ? "this stream" : symbol);
}

static int32_t find(const bourse__topic **out, const bourse_stream *stream, const char *symbol) {
  const bourse__sub *sub = NULL;
  if (stream == NULL) return BOURSE_ERROR_ARGUMENT;
  if (stream->info->operation != BOURSE_OP_WATCH_ORDER_BOOK)
    return fail(stream, BOURSE_ERROR_ARGUMENT, "stream", "%s: only streams of watch_order_book have books", symbol);
  if (symbol != NULL)
    sub = bourse__stream_sub(stream, symbol);
  else if (stream->subs != NULL && stream->subs->next_of_stream == NULL)
    sub = stream->subs;
  if (sub == NULL)
    return fail(stream, BOURSE_ERROR_ARGUMENT, "symbol",
                symbol == NULL ? "%s watches several symbols, or none: name one" : "%s is not watched by this stream",
                symbol);
  if (sub->topic == NULL || sub->topic->keeper == NULL || bourse__keeper_book(sub->topic->keeper) == NULL)
    return fail(stream, BOURSE_ERROR_STATE, "symbol", "%s: the book is not live now, so it cannot be read", symbol);
  *out = sub->topic;
  return BOURSE_OK;
}

static int32_t side_of(int32_t side) {
  return side == BOURSE_SIDE_BUY ? BOURSE__BIDS : side == BOURSE_SIDE_SELL ? BOURSE__ASKS : -1;
}

static int32_t find_side(const bourse__book **out, const bourse_stream *stream, const char *symbol, int32_t side) {
  const bourse__topic *topic;
  int32_t code = find(&topic, stream, symbol);
  if (code != BOURSE_OK) return code;
  if (side_of(side) < 0)
    return fail(stream, BOURSE_ERROR_ARGUMENT, "side", "%s: side is neither BOURSE_SIDE_BUY nor _SELL", symbol);
  *out = bourse__keeper_book(topic->keeper);
  return BOURSE_OK;
}

static void copy_level(bourse_level *out, const bourse_level *level) {
  if (level == NULL)
    memset(out, 0, sizeof *out);
  else
    *out = *level;
}

int32_t bourse_book_best(bourse_level *out_bid, bourse_level *out_ask, const bourse_stream *stream,
                         const char *symbol) {
  const bourse__topic *topic;
  int32_t code = find(&topic, stream, symbol);
  if (code != BOURSE_OK) return code;
  const bourse__book *book = bourse__keeper_book(topic->keeper);
  if (out_bid != NULL) copy_level(out_bid, bourse__book_at(book, BOURSE__BIDS, 0));
  if (out_ask != NULL) copy_level(out_ask, bourse__book_at(book, BOURSE__ASKS, 0));
  return BOURSE_OK;
}

int32_t bourse_book_level(bourse_level *out, const bourse_stream *stream, const char *symbol, int32_t side,
                          uint32_t index) {
  const bourse__book *book;
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  int32_t code = find_side(&book, stream, symbol, side);
  if (code != BOURSE_OK) return code;
  const bourse_level *level = bourse__book_at(book, side_of(side), index);
  if (level == NULL)
    return fail(stream, BOURSE_ERROR_ARGUMENT, "index", "%s: the book has no level of that number", symbol);
  *out = *level;
  return BOURSE_OK;
}

int32_t bourse_book_levels(bourse_level *out, uint32_t *count, const bourse_stream *stream, const char *symbol,
                           int32_t side) {
  const bourse__book *book;
  if (count == NULL || (out == NULL && *count > 0)) return BOURSE_ERROR_ARGUMENT;
  int32_t code = find_side(&book, stream, symbol, side);
  if (code != BOURSE_OK) return code;
  uint32_t most = bourse__book_count(book, side_of(side));
  if (*count < most) most = *count;
  bourse__book_copy(book, side_of(side), out, most);
  *count = most;
  return BOURSE_OK;
}

int32_t bourse_book_count(uint32_t *out, const bourse_stream *stream, const char *symbol, int32_t side) {
  const bourse__book *book;
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  int32_t code = find_side(&book, stream, symbol, side);
  if (code == BOURSE_OK) *out = bourse__book_count(book, side_of(side));
  return code;
}

int32_t bourse_book_volume(bourse_decimal *out_amount, bourse_decimal *out_cost, const bourse_stream *stream,
                           const char *symbol, int32_t side, const bourse_decimal *price) {
  const bourse__book *book;
  bourse_decimal cost;
  if (out_amount == NULL || price == NULL) return BOURSE_ERROR_ARGUMENT;
  int32_t code = find_side(&book, stream, symbol, side);
  if (code != BOURSE_OK) return code;
  if (!bourse_decimal_is_present(price))
    return fail(stream, BOURSE_ERROR_ABSENT, "price", "%s: price is absent", symbol);
  return bourse__book_volume(book, side_of(side), price, out_amount, out_cost == NULL ? &cost : out_cost);
}

int32_t bourse_book_sequence(int64_t *out_sequence, int64_t *out_time_ns, const bourse_stream *stream,
                             const char *symbol) {
  const bourse__topic *topic;
  int32_t code = find(&topic, stream, symbol);
  if (code != BOURSE_OK) return code;
  int64_t sequence = bourse__keeper_sequence(topic->keeper);
  if (out_sequence != NULL) *out_sequence = sequence == BOURSE_NO_SEQUENCE ? 0 : sequence;
  if (out_time_ns != NULL) *out_time_ns = bourse__keeper_time_ns(topic->keeper);
  return BOURSE_OK;
}
