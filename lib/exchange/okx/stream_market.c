/* exchange/okx/stream_market.c - public messages: tickers, books, trades, candles, mark prices, liquidations. Their rows are
 * those of REST. */
#include <string.h>

#include "exchange/okx/stream.h"

static const bourse_channel *const channels = bourse__okx_channels;

/* --- Rows --- */

/* A row begins with its record, which is all that is handed on. */
typedef struct row_kind {
  int32_t kind; /* BOURSE_KIND_* */
  uint32_t record_size;
  uint32_t row_size;
  uint32_t time_offset;
  const bourse_table *table;
  int32_t is_array;
  uint32_t channels; /* that are one subscription: those of the table from the message's on */
  int32_t (*finish)(const bourse_topic *topic, const bourse_market *market, int32_t product, void *row);
} row_kind;

/* --- Tickers, mark prices --- */

static void name_market(const bourse_topic *topic, const bourse_market *market, const char **symbol, const char **id) {
  *symbol = market == NULL ? NULL : market->symbol;
  *id = market == NULL ? topic->id : market->id;
}

static int32_t finish_ticker(const bourse_topic *topic, const bourse_market *market, int32_t product, void *row) {
  bourse__okx_ticker *ticker = row;
  name_market(topic, market, &ticker->ticker.symbol, &ticker->ticker.id);
  return bourse__okx_finish_ticker(market, product, ticker);
}

static const bourse_field mark_fields[] = {
    BOURSE_FIELD_MUST("markPx", DECIMAL, bourse_ticker, mark_price),
    BOURSE_FIELD("ts", TIME_MS, bourse_ticker, time_ns),
};
static const bourse_table mark_table = BOURSE_TABLE(mark_fields);

static int32_t finish_mark(const bourse_topic *topic, const bourse_market *market, int32_t product, void *row) {
  bourse_ticker *ticker = row;
  (void)product;
  name_market(topic, market, &ticker->symbol, &ticker->id);
  return BOURSE_OK;
}

/* --- Best bid and ask --- */

typedef struct best_row {
  bourse_ticker ticker;
  bourse_level_list bids;
  bourse_level_list asks;
} best_row;

static const bourse_field best_fields[] = {
    BOURSE_FIELD_CUSTOM("asks", best_row, asks, bourse_decode_level_list),
    BOURSE_FIELD_CUSTOM("bids", best_row, bids, bourse_decode_level_list),
    BOURSE_FIELD("ts", TIME_MS, best_row, ticker.time_ns),
    BOURSE_FIELD("seqId", INT64, best_row, ticker.update_id),
};
static const bourse_table best_table = BOURSE_TABLE(best_fields);

static int32_t finish_best(const bourse_topic *topic, const bourse_market *market, int32_t product, void *row) {
  best_row *best = row;
  (void)product;
  name_market(topic, market, &best->ticker.symbol, &best->ticker.id);
  if (bourse__okx_scale(market, &best->bids) != BOURSE_OK || bourse__okx_scale(market, &best->asks) != BOURSE_OK)
    return BOURSE_ERROR_OVERFLOW;
  if (best->bids.count > 0) {
    best->ticker.bid = best->bids.levels[0].price;
    best->ticker.bid_amount = best->bids.levels[0].amount;
  }
  if (best->asks.count > 0) {
    best->ticker.ask = best->asks.levels[0].price;
    best->ticker.ask_amount = best->asks.levels[0].amount;
  }
  return BOURSE_OK;
}

/* --- Trades, candles --- */

static int32_t finish_trade(const bourse_topic *topic, const bourse_market *market, int32_t product, void *row) {
  bourse__okx_trade *trade = row;
  (void)topic;
  if (market != NULL) trade->trade.symbol = market->symbol;
  return bourse__okx_finish_trade(market, product, trade);
}

static int32_t finish_candle(const bourse_topic *topic, const bourse_market *market, int32_t product, void *row) {
  const bourse_interval *interval = NULL;
  for (uint32_t i = 0; i < bourse__okx_interval_count; i++)
    if (strcmp(bourse__okx_intervals[i].native, topic->qualifier) == 0) interval = &bourse__okx_intervals[i];
  if (interval != NULL && strchr(interval->timeframe, 'M') != NULL) interval = NULL; /* of different lengths */
  bourse__okx_finish_candle(market, product, interval, row);
  return BOURSE_OK;
}

/* --- Liquidations: of all markets, several of each --- */

typedef struct forced {
  bourse_trade trade;
  bourse_decimal size;
} forced;

static const bourse_field forced_fields[] = {
    BOURSE_FIELD("bkPx", DECIMAL, forced, trade.price),
    BOURSE_FIELD_ENUM("side", forced, trade.side, bourse__okx_sides),
    BOURSE_FIELD_MUST("sz", DECIMAL, forced, size),
    BOURSE_FIELD("ts", TIME_MS, forced, trade.time_ns),
};
static const bourse_table forced_table = BOURSE_TABLE(forced_fields);

typedef struct forced_row {
  bourse_slice id;
  bourse_slice details;
} forced_row;

static const bourse_field forced_row_fields[] = {
    BOURSE_FIELD_FULL("instId", SLICE, forced_row, id, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("details", RAW, forced_row, details),
};
static const bourse_table forced_row_table = BOURSE_TABLE(forced_row_fields);

/* One market's. */
static int32_t emit_forced(bourse_link *link, bourse_topic *topic, const forced_row *row) {
  bourse_decoder decoder;
  int32_t product = bourse__okx_product_of(row->id);
  const bourse_market *market = bourse_link_market(link, product, row->id);
  if (link->product != product && !link->lenient) return BOURSE_OK;
  bourse_link_decode(link, &decoder, row->details.data, row->details.length);
  int32_t code = bourse_decode_array_begin(&decoder, "details");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    forced one;
    memset(&one, 0, sizeof one);
    code = bourse_decode_object(&decoder, &forced_table, &one);
    if (code != BOURSE_OK) break;
    bourse_trade *trade = &one.trade;
    if (market != NULL) trade->symbol = market->symbol;
    if (bourse__okx_size(market, product, &one.size, &trade->amount, &trade->contracts) != BOURSE_OK)
      code = bourse_decode_fail(&decoder, BOURSE_ERROR_BAD_REPLY, "sz", "out of range");
    bourse__okx_cost(product, market, &trade->amount, &trade->contracts, &trade->price, &trade->cost);
    if (product == BOURSE_PRODUCT_INVERSE) trade->amount = trade->contracts;
    if (code == BOURSE_OK) bourse_emit(link, topic, BOURSE_KIND_TRADE, trade, 1, trade->time_ns, 0);
  }
  return bourse_link_decoded(link, &decoder);
}

int32_t bourse__okx_receive_liquidations(bourse_link *link, const bourse__okx_message *m) {
  bourse_decoder decoder;
  bourse_topic *topic = bourse__okx_topic(link, m, OKX_LIQUIDATIONS);
  if (topic == NULL) return BOURSE_OK;
  bourse_link_decode(link, &decoder, m->data.data, m->data.length);
  int32_t code = bourse_decode_array_begin(&decoder, "data");
  while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    forced_row row = {{NULL, 0}, {NULL, 0}};
    code = bourse_decode_object(&decoder, &forced_row_table, &row);
    if (code == BOURSE_OK && row.details.length > 0) code = emit_forced(link, topic, &row);
  }
  return code != BOURSE_OK && decoder.error == BOURSE_OK ? code : bourse_link_decoded(link, &decoder);
}

/* --- Books --- */

typedef struct book_row {
  bourse_slice id;
  bourse_level_list asks;
  bourse_level_list bids;
  int64_t time_ns;
  int64_t checksum; /* historic: 0 today */
  int64_t previous;
  int64_t last;
} book_row;

static const bourse_field book_fields[] = {
    BOURSE_FIELD_CUSTOM("asks", book_row, asks, bourse_decode_level_list),
    BOURSE_FIELD_CUSTOM("bids", book_row, bids, bourse_decode_level_list),
    BOURSE_FIELD("ts", TIME_MS, book_row, time_ns),
    BOURSE_FIELD("checksum", INT64, book_row, checksum),
    BOURSE_FIELD("prevSeqId", INT64, book_row, previous),
    BOURSE_FIELD("seqId", INT64, book_row, last),
};
static const bourse_table book_table = BOURSE_TABLE(book_fields);

/* A whole book of few levels tells nothing of the one before. */
static int32_t emit_book(bourse_link *link, bourse_topic *topic, bourse_slice id, book_row *row, int32_t snapshot) {
  const bourse_market *market =
      topic->market != NULL ? topic->market : bourse_link_market(link, bourse__okx_product_of(id), id);
  if (bourse__okx_scale(market, &row->asks) != BOURSE_OK || bourse__okx_scale(market, &row->bids) != BOURSE_OK)
    return bourse_link_unknown(link, "an amount of the book is out of range");
  const bourse_book_update update = {.snapshot = snapshot,
                                     .bid_count = row->bids.count,
                                     .ask_count = row->asks.count,
                                     .time_ns = row->time_ns,
                                     .first = row->previous, /* a state fetched meanwhile may fall within */
                                     .last = row->last,
                                     .previous = row->previous,
                                     .bids = row->bids.levels,
                                     .asks = row->asks.levels};
  bourse_emit_book(link, topic, &update);
  return BOURSE_OK;
}

int32_t bourse__okx_receive_book(bourse_link *link, const bourse__okx_message *m) {
  bourse_topic *topic = bourse__okx_topic(link, m, m->channel);
  int32_t snapshot = m->channel == OKX_SHALLOW_BOOK || bourse_slice_is(m->action, "snapshot");
  int32_t code = BOURSE_OK;
  for (uint32_t i = 0; topic != NULL && i < m->count && code == BOURSE_OK; i++)
    code = emit_book(link, topic, m->id, (book_row *)m->rows + i, snapshot);
  return code;
}

/* A change as it mostly comes, with its two numbers in either order. */
#define CHANGE_PIECES(first_, second_, first_member_, second_member_)                                             \
  {                                                                                                               \
    BOURSE_PIECE("{\"arg\":{\"channel\":\"books\",\"instId\":", SLICE, book_row, id),                             \
        BOURSE_PIECE("},\"action\":\"update\",\"data\":[{\"asks\":", LEVELS, book_row, asks),                     \
        BOURSE_PIECE(",\"bids\":", LEVELS, book_row, bids), BOURSE_PIECE(",\"ts\":", TIME_MS, book_row, time_ns), \
        BOURSE_PIECE(",\"checksum\":", INT64, book_row, checksum),                                                \
        BOURSE_PIECE(",\"" first_ "\":", INT64, book_row, first_member_),                                         \
        BOURSE_PIECE(",\"" second_ "\":", INT64, book_row, second_member_),                                       \
  }
static const bourse_piece change_pieces[2][7] = {CHANGE_PIECES("prevSeqId", "seqId", previous, last),
                                                 CHANGE_PIECES("seqId", "prevSeqId", last, previous)};
static const bourse_form change_forms[2] = {BOURSE_FORM_TO(change_pieces[0], "}]}"),
                                            BOURSE_FORM_TO(change_pieces[1], "}]}")};

/* 1: the number that ends the message is prevSeqId. */
static int32_t ends_with_previous(const char *bytes, size_t length) {
  static const char name[] = "\"prevSeqId\"";
  const char *colon = bytes + length;
  while (colon > bytes + length - 28 && colon[-1] != ':') colon--;
  return memcmp(colon - sizeof name, name, sizeof name - 1) == 0;
}

int32_t bourse__okx_receive_change(bourse_link *link, const char *bytes, size_t length) {
  static const bourse_slice none = {"", 0};
  bourse_decoder decoder;
  book_row row;
  if (length < 96 || bytes[19] != 'b' || bytes[20] != 'o') return 0;
  bourse_link_decode(link, &decoder, bytes, length);
  if (!bourse_decode_form(&decoder, &change_forms[ends_with_previous(bytes, length)], &row)) return 0;
  bourse_topic *topic = bourse_link_topic(link, &channels[OKX_BOOK], row.id, none);
  return topic == NULL || emit_book(link, topic, row.id, &row, 0) == BOURSE_OK;
}

/* --- Rows of all kinds --- */

#define ROWS(kind_, record_, row_, time_, table_, is_array_, channels_, finish_)                                \
  {                                                                                                             \
    BOURSE_KIND_##kind_, sizeof(record_), sizeof(row_), offsetof(record_, time_), table_, is_array_, channels_, \
        finish_                                                                                                 \
  }

static const row_kind kinds[OKX_CHANNELS] = {
    [OKX_TICKER] =
        ROWS(TICKER, bourse_ticker, bourse__okx_ticker, time_ns, &bourse__okx_ticker_table, 0, 2, finish_ticker),
    [OKX_BIDS_ASKS] = ROWS(TICKER, bourse_ticker, best_row, time_ns, &best_table, 0, 1, finish_best),
    [OKX_BOOK] = ROWS(ORDER_BOOK, book_row, book_row, time_ns, &book_table, 0, 1, NULL),
    [OKX_SHALLOW_BOOK] = ROWS(ORDER_BOOK, book_row, book_row, time_ns, &book_table, 0, 1, NULL),
    [OKX_TRADE] = ROWS(TRADE, bourse_trade, bourse__okx_trade, time_ns, &bourse__okx_trade_table, 0, 1, finish_trade),
    [OKX_CANDLES] =
        ROWS(CANDLE, bourse_candle, bourse__okx_candle, time_ns, &bourse__okx_candle_table, 1, 1, finish_candle),
    [OKX_MARK_CANDLES] =
        ROWS(CANDLE, bourse_candle, bourse__okx_candle, time_ns, &bourse__okx_price_candle_table, 1, 1, finish_candle),
    [OKX_INDEX_CANDLES] =
        ROWS(CANDLE, bourse_candle, bourse__okx_candle, time_ns, &bourse__okx_price_candle_table, 1, 1, finish_candle),
    [OKX_MARK_PRICE] = ROWS(TICKER, bourse_ticker, bourse_ticker, time_ns, &mark_table, 0, 1, finish_mark),
};

int32_t bourse__okx_has_rows(uint32_t channel) { return channel < OKX_CHANNELS && kinds[channel].table != NULL; }

int32_t bourse__okx_read_rows(bourse_decoder *decoder, bourse__okx_message *m) {
  const row_kind *kind = &kinds[m->channel];
  uint32_t room = bourse_decode_count(decoder);
  m->rows = bourse_arena_alloc(decoder->arena, (size_t)room * kind->row_size);
  if (m->rows == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "data", "memory is out");
  int32_t code = bourse_decode_array_begin(decoder, "data");
  while (code == BOURSE_OK && m->count < room && bourse_decode_array_next(decoder)) {
    void *row = (char *)m->rows + (size_t)kind->row_size * m->count++;
    if (kind->kind == BOURSE_KIND_ORDER_BOOK)
      ((book_row *)row)->previous = ((book_row *)row)->last = BOURSE_NO_SEQUENCE;
    code =
        kind->is_array ? bourse_decode_row(decoder, kind->table, row) : bourse_decode_object(decoder, kind->table, row);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

/* Rows of one market become records, one behind the other. */
static int32_t finish_rows(bourse_link *link, const bourse__okx_message *m, const row_kind *kind,
                           const bourse_topic *topic) {
  int32_t product = bourse__okx_product_of(m->id);
  const bourse_market *market = topic->market != NULL ? topic->market : bourse_link_market(link, product, m->id);
  for (uint32_t i = 0; i < m->count; i++) {
    char *row = (char *)m->rows + (size_t)i * kind->row_size;
    if (kind->finish(topic, market, product, row) != BOURSE_OK)
      return bourse_link_unknown(link, "data: a number is out of range");
    if (i > 0) memmove((char *)m->rows + (size_t)i * kind->record_size, row, kind->record_size);
  }
  return BOURSE_OK;
}

/* To the topics of each channel of the subscription; a replay knows the first of them only. */
int32_t bourse__okx_receive_rows(bourse_link *link, const bourse__okx_message *m) {
  const row_kind *kind = &kinds[m->channel];
  int64_t time_ns = 0;
  int32_t finished = 0;
  for (uint32_t c = m->channel; c < m->channel + (link->lenient ? 1 : kind->channels) && m->count > 0; c++) {
    bourse_topic *topic = bourse__okx_topic(link, m, c);
    if (topic == NULL) continue;
    int32_t code = finished ? BOURSE_OK : finish_rows(link, m, kind, topic);
    if (code != BOURSE_OK) return code;
    if (!finished)
      memcpy(&time_ns, (char *)m->rows + (size_t)(m->count - 1) * kind->record_size + kind->time_offset,
             sizeof time_ns);
    finished = 1;
    bourse_emit(link, topic, kind->kind, m->rows, m->count, time_ns, 0);
  }
  return BOURSE_OK;
}
