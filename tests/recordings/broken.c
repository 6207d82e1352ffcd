/* broken.c - recorded sessions with one book message lost, doubled, swapped with the next, cut or changed, at every place in
 * turn. What must hold, after every message of every such session:
 *
 * 1. The break is seen (a gap, a message that cannot be read, a book that is not LIVE) with the next message of that book at
 *    the latest. Where there are no numbers but checksums, a book that is the true one by then is as good: what was lost has
 *    been overtaken.
 * 2. What can be read is a set of levels that the exchange had, as other code (socket_model.c) says.
 * 3. The other books of the session are as in the whole one. Where numbers are the connection's (Coinbase) a message that is
 *    missing may have been of any book: then all of them are lost.
 * 4. A whole state makes the book LIVE and true again, and it stays so.
 *
 * No exchange proves everything: a price or an amount with another digit is just another truth where only numbers are sent
 * (Binance, Bybit, Kraken futures, OKX, Coinbase), and so are the levels of a whole state there; Kraken's checksum covers the
 * ten best levels. Such breaks are made all the same, but of that book nothing is asked then.
 *
 * About PLACES places of each session are tried; with BROKEN_ALL in the environment all of them. Messages that are of no book
 * are left out, but for one run in which each comes cut first. */
#include <bourse.h>
#include <bourse/sys/replay.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "recordings/sockets.h"

#define PLACES     40
#define BOOKS_MAX  32
#define LEVELS_MAX 20000
#define REPAIR     2 /* messages of the book after the break was to be seen, until it is repaired */
#define FOLLOWING  6 /* ... and after that */

enum { LINE_OPEN, LINE_OUT, LINE_IN, LINE_REST };

/* How a session is broken; from CHANGE on by one digit of the field `at - CHANGE` of its exchange. */
enum { DROP, DOUBLE, SWAP, CUT, CHANGE };

typedef struct line {
  int what;
  int32_t connection;
  const char *url;
  const char *bytes;
  size_t length;
  int64_t time_ns;
  const json *message;
  long number;   /* in the file */
  int book;      /* whose message it is; -1: of none */
  int whole;     /* it holds the whole state */
  uint32_t next; /* line of the next message of that book; 0: none */
  int proven;    /* before it the book was, by messages that followed each other */
  int needed;    /* a repair may be made here */
  int live;      /* of that book, after it, in the whole session */
  uint64_t hash;
  const char *repair;
} line;

typedef struct truth {
  const char *id;
  uint64_t *hashes; /* of all states it ever had, sorted */
  uint32_t count;
  uint32_t gaps;   /* in the whole session */
  int decimals[2]; /* most of any price, of any amount */
} truth;

typedef struct field {
  const char *exchange;
  const char *name; /* member of the event; "price" and "amount" also stand for those of levels */
  int proven;
} field;

static const field fields[] = {
    {"binance", "U", 1},
    {"binance", "u", 1},
    {"binance", "price", 0},
    {"binance", "amount", 0},
    {"binance-usdm", "pu", 1},
    {"binance-usdm", "u", 1},
    {"binance-usdm", "price", 0},
    {"binance-usdm", "amount", 0},
    {"kraken", "checksum", 1},
    {"kraken", "price", 1},
    {"kraken", "amount", 1},
    {"okx", "prevSeqId", 1},
    {"okx", "seqId", 1},
    {"okx", "price", 0},
    {"okx", "amount", 0},
    {"bybit", "u", 1},
    {"bybit", "price", 0},
    {"bybit", "amount", 0},
    {"kucoin", "sequenceStart", 1},
    {"kucoin", "sequenceEnd", 1},
    {"kucoin-futures", "sequence", 1},
    {"coinbase", "sequence_num", 1},
    {"coinbase", "price", 0},
    {"coinbase", "amount", 0},
    {"kraken-futures", "seq", 1},
    {"kraken-futures", "price", 0},
    {"kraken-futures", "amount", 0},
};
#define FIELDS (sizeof fields / sizeof fields[0])

typedef struct session {
  pool p;
  const char *file;
  venue *at;
  line *lines;
  uint32_t count, capacity;
  truth books[BOOKS_MAX];
  int book_count;
  uint32_t depth;
  int unprovable; /* its books have no numbers: none is ever live, so there is nothing to break */
  /* The run in hand. */
  bourse_replay *replay;
  const bourse_stream *reader;
  uint32_t gaps[BOOKS_MAX];
  uint32_t unread;
  int64_t shift;    /* added to the numbers of a connection's messages */
  const char *what; /* is being tried */
  /* What came of all. */
  uint32_t tried, detected, overtaken, repaired;
  int failed;
} session;

static int by_connection(const session *s) { return strcmp(s->at->id, "coinbase") == 0; }

static void complain(session *s, long number, const char *text) {
  if (s->failed++ < 10) printf("FAILED %s, %s, line %ld: %s\n", s->file, s->what, number, text);
}

/* --- Level sets as numbers --- */

static uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
  return value ^ (value >> 31);
}

/* Of a number in the model's form. */
static uint64_t hash_text(const char *digits) {
  size_t length = strlen(digits), last = length;
  uint64_t value = 0;
  while (last > 0 && digits[last - 1] == '0') last--;
  for (size_t i = 0; i < last; i++) value = value * 10 + (uint64_t)(digits[i] - '0');
  return mix(value * 64 + (last == 0 ? 0 : last - length / 2 + 32));
}

static uint64_t hash_decimal(const bourse_decimal *value) {
  uint64_t low = value->low;
  int32_t exponent = value->exponent;
  if (value->high != 0) {
    char text[BOURSE_DECIMAL_TEXT_SIZE];
    pool p = {NULL};
    bourse_decimal_format(text, sizeof text, value);
    uint64_t hash = hash_text(model_number(&p, text));
    pool_free(&p);
    return hash;
  }
  for (; low != 0 && low % 10 == 0; low /= 10) exponent++;
  return mix(low * 64 + (low == 0 ? 0 : (uint64_t)(32 - exponent)));
}

static uint64_t hash_level(int side, uint64_t price, uint64_t amount) {
  return mix(price * 3 + mix(amount + (uint64_t)side));
}

static uint64_t hash_model(const model_book *book) {
  uint64_t hash = 0;
  for (int side = 0; side < 2; side++)
    for (uint32_t i = 0; i < book->count[side]; i++)
      hash += hash_level(side, hash_text(book->levels[side][i].price), hash_text(book->levels[side][i].amount));
  return hash;
}

static int compare_hashes(const void *a, const void *b) {
  uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
  return (left > right) - (left < right);
}

/* 0: the book cannot be read. */
static int read_book(session *s, int book, uint64_t *hash) {
  static bourse_level levels[LEVELS_MAX];
  *hash = 0;
  for (int side = 0; side < 2; side++) {
    uint32_t count = LEVELS_MAX;
    int32_t of = side == MODEL_BIDS ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
    if (s->reader == NULL || bourse_book_levels(levels, &count, s->reader, s->books[book].id, of) != BOURSE_OK)
      return 0;
    for (uint32_t i = 0; i < count; i++)
      *hash += hash_level(side, hash_decimal(&levels[i].price), hash_decimal(&levels[i].amount));
  }
  return 1;
}

static int index_of(session *s, const char *id) {
  for (int i = 0; i < s->book_count; i++)
    if (strcmp(s->books[i].id, id) == 0) return i;
  if (s->book_count == BOOKS_MAX) return -1;
  s->books[s->book_count].id = pool_string(&s->p, id);
  return s->book_count++;
}

/* --- A whole state, written as the exchange does --- */

static const char *plain(pool *p, const char *number, int decimals) {
  size_t point = strlen(number) / 2, first = strspn(number, "0"), last = strlen(number);
  while (last > point + (size_t)decimals && number[last - 1] == '0') last--;
  if (last < point) last = point;
  if (first >= point) first = point - 1;
  if (last == point) return pool_copy(p, number + first, point - first);
  return pool_format(p, "%.*s.%.*s", (int)(point - first), number + first, (int)(last - point), number + point);
}

static void write_side(session *s, buffer *out, const model_book *book, int side, int objects) {
  const int *decimals = s->books[index_of(s, book->id)].decimals;
  for (uint32_t i = 0; i < book->count[side]; i++) {
    const model_level *level = &book->levels[side][side == MODEL_BIDS ? book->count[side] - 1 - i : i];
    buffer_string(out, i > 0 ? "," : "");
    buffer_string(out, pool_format(&s->p, objects ? "{\"price\":%s,\"qty\":%s}" : "[\"%s\",\"%s\"]",
                                   plain(&s->p, level->price, decimals[0]), plain(&s->p, level->amount, decimals[1])));
  }
}

static void write_updates(session *s, buffer *out, const model_book *book) {
  const int *decimals = s->books[index_of(s, book->id)].decimals;
  const char *separator = "";
  buffer_string(out, pool_format(&s->p,
                                 "{\"channel\":\"l2_data\",\"client_id\":\"\",\"timestamp\":\"2025-10-09T08:53:20Z\","
                                 "\"sequence_num\":%lld,\"events\":[{\"type\":\"snapshot\",\"product_id\":\"%s\","
                                 "\"updates\":[",
                                 (long long)book->sequence + 1, book->id));
  for (int side = 0; side < 2; side++)
    for (uint32_t i = 0; i < book->count[side]; i++, separator = ",") {
      const model_level *level = &book->levels[side][i];
      buffer_string(
          out, pool_format(&s->p,
                           "%s{\"side\":\"%s\",\"event_time\":\"1970-01-01T00:00:00Z\","
                           "\"price_level\":\"%s\",\"new_quantity\":\"%s\"}",
                           separator, side == MODEL_BIDS ? "bid" : "offer", plain(&s->p, level->price, decimals[0]),
                           plain(&s->p, level->amount, decimals[1])));
    }
  buffer_string(out, "]}]}");
}

/* CRC32 over the digits of the ten best asks and bids, zeros in front left out. */
static uint32_t checksum(session *s, const model_book *book) {
  const int *decimals = s->books[index_of(s, book->id)].decimals;
  uLong crc = 0;
  for (int side = MODEL_ASKS; side >= MODEL_BIDS; side--)
    for (uint32_t i = 0; i < book->count[side] && i < 10; i++) {
      const model_level *level = &book->levels[side][side == MODEL_BIDS ? book->count[side] - 1 - i : i];
      for (int part = 0; part < 2; part++) {
        const char *digits = part == 0 ? level->price : level->amount;
        size_t first = strspn(digits, "0"), end = strlen(digits) / 2 + (size_t)decimals[part];
        if (first < end) crc = crc32(crc, (const Bytef *)digits + first, (uInt)(end - first));
      }
    }
  return (uint32_t)crc;
}

static const char *write_lists(session *s, const model_book *book) {
  buffer out = {0};
  buffer_string(&out, pool_format(&s->p,
                                  "{\"topic\":\"orderbook.%u.%s\",\"type\":\"snapshot\",\"ts\":1760000000000,"
                                  "\"data\":{\"s\":\"%s\",\"u\":%lld,\"b\":[",
                                  s->depth, book->id, book->id, (long long)book->sequence));
  write_side(s, &out, book, MODEL_BIDS, 0);
  buffer_string(&out, "],\"a\":[");
  write_side(s, &out, book, MODEL_ASKS, 0);
  buffer_string(&out, "]}}");
  const char *text = pool_copy(&s->p, out.data, out.length);
  buffer_free(&out);
  return text;
}

static const char *write_repair(session *s, const model_book *book) {
  buffer out = {0};
  int binance = strncmp(s->at->id, "binance", 7) == 0, spot = strcmp(s->at->id, "kraken") == 0;
  int okx = strcmp(s->at->id, "okx") == 0, kucoin = strncmp(s->at->id, "kucoin", 6) == 0;
  if (strcmp(s->at->id, "bybit") == 0) return write_lists(s, book);
  if (by_connection(s)) {
    write_updates(s, &out, book);
    const char *message = pool_copy(&s->p, out.data, out.length);
    buffer_free(&out);
    return message;
  }
  if (okx)
    buffer_string(&out,
                  pool_format(&s->p,
                              "{\"arg\":{\"channel\":\"books\",\"instId\":\"%s\"},\"action\":\"snapshot\",\"data\":[{"
                              "\"ts\":\"1760000000000\",\"checksum\":0,\"prevSeqId\":-1,\"seqId\":%lld,",
                              book->id, (long long)book->sequence));
  else if (kucoin)
    buffer_string(&out,
                  pool_format(&s->p, "{\"code\":\"200000\",\"data\":{\"time\":1760000000000,\"sequence\":\"%lld\",",
                              (long long)book->sequence));
  else if (binance)
    buffer_string(&out, pool_format(&s->p, "{\"lastUpdateId\":%lld,", (long long)book->sequence));
  else if (spot)
    buffer_string(
        &out,
        pool_format(&s->p, "{\"channel\":\"book\",\"type\":\"snapshot\",\"data\":[{\"symbol\":\"%s\",\"checksum\":%u,",
                    book->id, checksum(s, book)));
  else
    buffer_string(&out, pool_format(&s->p,
                                    "{\"feed\":\"book_snapshot\",\"product_id\":\"%s\",\"timestamp\":1626994927000,"
                                    "\"seq\":%lld,\"tickSize\":null,",
                                    book->id, (long long)book->sequence));
  buffer_string(&out, "\"bids\":[");
  write_side(s, &out, book, MODEL_BIDS, !binance && !okx && !kucoin);
  buffer_string(&out, "],\"asks\":[");
  write_side(s, &out, book, MODEL_ASKS, !binance && !okx && !kucoin);
  buffer_string(&out, spot || okx ? "]}]}" : kucoin ? "]}}" : "]}");
  const char *text = pool_copy(&s->p, out.data, out.length);
  buffer_free(&out);
  return text;
}

/* --- The whole session --- */

static const model_book *touched(const socket_model *m, const char *id) {
  const model_book *book = m->books;
  while (book != NULL && !(id == NULL ? book->touched : strcmp(book->id, id) == 0)) book = book->next;
  return book;
}

/* Hands a line to the model, and returns the book it is about. */
static const model_book *model_line(session *s, socket_model *m, const line *at) {
  const char *id = at->what == LINE_REST ? session_market(&s->p, at->url) : NULL;
  if (at->what == LINE_OUT) model_sent(m, at->message);
  if (at->what == LINE_REST) {
    if (id == NULL && m->books != NULL && m->books->next == NULL) id = m->books->id;
    const json *fetched = json_get(at->message, "bids") != NULL ? at->message : json_get(at->message, "data");
    if (id == NULL || json_get(fetched, "bids") == NULL) return NULL;
    model_snapshot(m, id, fetched);
    return touched(m, id);
  }
  if (at->what != LINE_IN) return NULL;
  model_message(m, at->message);
  return touched(m, NULL);
}

static void read_lines(session *s, const char *bytes, size_t length) {
  const char *cursor = bytes, *error = NULL;
  int32_t connection = 0;
  long number = 0;
  for (const json *one; (one = json_parse_next(&s->p, &cursor, bytes + length, &error)) != NULL;) {
    const json *message = json_get(one, "msg");
    const char *conn = json_text_of(one, "conn");
    number++;
    if (conn != NULL) connection = (int32_t)strtol(conn, NULL, 10);
    if (message == NULL && !json_is(one, "dir", "open")) continue;
    if (s->count == s->capacity) {
      s->capacity = s->capacity * 2 + 1024;
      s->lines = realloc(s->lines, s->capacity * sizeof *s->lines);
      if (s->lines == NULL) exit(2);
    }
    s->lines[s->count++] = (line){.what = json_is(one, "dir", "open")   ? LINE_OPEN
                                          : json_is(one, "dir", "out")  ? LINE_OUT
                                          : json_is(one, "dir", "rest") ? LINE_REST
                                                                        : LINE_IN,
                                  .connection = connection,
                                  .url = json_text_of(one, "url"),
                                  .bytes = message == NULL ? NULL : message->begin,
                                  .length = message == NULL ? 0 : (size_t)(message->end - message->begin),
                                  .time_ns = session_time(json_text_of(one, "t")),
                                  .message = message,
                                  .number = number,
                                  .book = -1};
  }
  if (error != NULL) complain(s, number, "not JSON");
}

/* Decimals of a text. */
static void measure(truth *book, int part, const char *text) {
  const char *point = text == NULL ? NULL : strchr(text, '.');
  int decimals = point == NULL ? 0 : (int)strspn(point + 1, "0123456789");
  if (decimals > book->decimals[part]) book->decimals[part] = decimals;
}

static const json *event_of(const json *message) {
  const json *data = json_get(message, "data");
  if (json_get(message, "events") != NULL) data = json_get(message, "events");
  return data == NULL ? message : data->kind == JSON_ARRAY ? json_at(data, 0) : data;
}

/* Level `index` of an event, counted through both sides; NULL: there are fewer. */
static const json *level_at(const json *event, uint32_t index) {
  static const char *const lists[] = {"b", "a", "bids", "asks", "updates"};
  if (json_get(event, "changes") != NULL) event = json_get(event, "changes");
  for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
    const json *list = json_get(event, lists[i]);
    uint32_t count = list == NULL || list->kind != JSON_ARRAY ? 0 : list->count;
    if (index < count) return json_at(list, index);
    index -= count;
  }
  return NULL;
}

static const json *part_of(const json *level, int part) {
  if (level == NULL || level->kind == JSON_ARRAY) return json_at(level, (uint32_t)part);
  if (json_get(level, "price_level") != NULL) return json_get(level, part == 0 ? "price_level" : "new_quantity");
  return json_get(level, part == 0 ? "price" : "qty");
}

/* Whose message each is, and how exact they are. */
static void sort_out(session *s) {
  socket_model m = {.p = &s->p, .exchange = s->at->id};
  uint32_t last[BOOKS_MAX] = {0};
  for (uint32_t i = 0; i < s->count; i++) {
    line *at = &s->lines[i];
    const model_book *book = model_line(s, &m, at);
    if (book == NULL || (at->book = index_of(s, book->id)) < 0) continue;
    at->whole = at->what == LINE_REST || json_is(at->message, "type", "snapshot") ||
                json_is(at->message, "feed", "book_snapshot") || json_is(at->message, "action", "snapshot") ||
                json_is(event_of(at->message), "type", "snapshot");
    for (uint32_t k = 0; level_at(event_of(at->message), k) != NULL; k++)
      for (int part = 0; part < 2; part++)
        measure(&s->books[at->book], part, json_text(part_of(level_at(event_of(at->message), k), part)));
    if (at->what == LINE_REST) continue;
    if (last[at->book] > 0) s->lines[last[at->book]].next = i;
    last[at->book] = i;
  }
  s->depth = m.depth;
  s->unprovable = m.books != NULL;
  for (const model_book *book = m.books; book != NULL; book = book->next)
    s->unprovable &= book->unprovable | !book->began;
  model_free(&m);
}

static uint32_t after(const session *s, uint32_t i, int messages) {
  while (messages-- > 0 && i > 0) i = s->lines[i].next;
  return i;
}

/* --- Replaying --- */

static void on_event(void *user_data, const bourse_stream_event *event) {
  session *s = user_data;
  if (event->operation == BOURSE_OP_WATCH_ORDER_BOOK) s->reader = event->stream;
  if (event->kind != BOURSE_STREAM_GAP || event->symbol == NULL) return;
  for (int i = 0; i < s->book_count; i++) s->gaps[i] += strcmp(s->books[i].id, event->symbol) == 0;
}

static int begin(session *s) {
  s->reader = NULL;
  s->unread = 0;
  s->shift = 0;
  memset(s->gaps, 0, sizeof s->gaps);
  if (bourse_replay_new(&s->replay, s->at->handle, on_event, s) == BOURSE_OK) return 1;
  complain(s, 0, "no replay");
  return 0;
}

static void feed(session *s, const line *at, const char *bytes, size_t length) {
  int32_t code = BOURSE_OK;
  const json *number = s->shift == 0 || bytes != at->bytes ? NULL : json_get(at->message, "sequence_num");
  if (number != NULL) {
    bytes = pool_format(&s->p, "%.*s%lld%.*s", (int)(number->begin - at->bytes), at->bytes,
                        strtoll(number->begin, NULL, 10) + (long long)s->shift, (int)(at->bytes + length - number->end),
                        number->end);
    length = strlen(bytes);
  }
  if (at->what == LINE_OPEN) bourse_replay_open(s->replay, at->connection, at->url, 0);
  if (at->what == LINE_OUT) bourse_replay_sent(s->replay, at->connection, bytes, length);
  if (at->what == LINE_IN) code = bourse_replay_message(s->replay, at->connection, bytes, length, at->time_ns);
  if (at->what == LINE_REST && at->book >= 0)
    code = bourse_replay_snapshot(s->replay, at->connection, s->books[at->book].id, bytes, length, at->time_ns);
  s->unread += code != BOURSE_OK;
}

static int is_true(const truth *book, uint64_t hash) {
  return book->count > 0 && bsearch(&hash, book->hashes, book->count, sizeof hash, compare_hashes) != NULL;
}

/* What was fetched is a state the exchange had, though messages held before it may have led past it at once. */
static void add_fetched(session *s, const line *at) {
  socket_model m = {.p = &s->p, .exchange = s->at->id};
  truth *book = &s->books[at->book];
  model_snapshot(&m, book->id, json_get(at->message, "bids") != NULL ? at->message : json_get(at->message, "data"));
  if (m.books != NULL) book->hashes[book->count++] = hash_model(m.books);
  model_free(&m);
}

/* All states of all books, and that the library has the same. Each message of no book comes cut as well. */
static void run_whole(session *s) {
  socket_model m = {.p = &s->p, .exchange = s->at->id};
  for (int i = 0; i < s->book_count; i++) s->books[i].hashes = pool_alloc(&s->p, 2 * s->count * sizeof(uint64_t));
  s->what = "whole";
  if (!begin(s)) return;
  for (uint32_t i = 0; i < s->count; i++) {
    line *at = &s->lines[i];
    const model_book *before = at->book < 0 ? NULL : touched(&m, s->books[at->book].id);
    at->proven = before != NULL && before->live && !before->fetched && !before->doubtful && at->what == LINE_IN;
    const model_book *book = model_line(s, &m, at);
    uint64_t hash = 0;
    if (at->what == LINE_IN && book == NULL && at->length > 1) {
      feed(s, at, at->bytes, 1 + (size_t)i * 7919 % (at->length - 1));
      if (s->unread != 1) complain(s, at->number, "cut, it is taken for whole");
      s->unread = 0;
    }
    feed(s, at, at->bytes, at->length);
    if (s->unread != 0) complain(s, at->number, "it cannot be read");
    s->unread = 0;
    if (book == NULL || at->book < 0) continue;
    if (at->what == LINE_REST) add_fetched(s, at);
    at->live = read_book(s, at->book, &hash);
    at->hash = hash_model(book);
    if (book->live) s->books[at->book].hashes[s->books[at->book].count++] = at->hash;
    if (at->live && (!book->live || hash != at->hash)) complain(s, at->number, "the book is another than the model's");
    if (at->needed && book->live) at->repair = write_repair(s, book);
  }
  bourse_replay_free(s->replay);
  for (int i = 0; i < s->book_count; i++) {
    s->books[i].gaps = s->gaps[i];
    qsort(s->books[i].hashes, s->books[i].count, sizeof(uint64_t), compare_hashes);
  }
  model_free(&m);
}

/* --- Breaking it --- */

static const json *value_of(const line *at, uint32_t spot, const char *name) {
  const json *event = event_of(at->message), *direct = json_get(event, name);
  if (direct == NULL) direct = json_get(at->message, name);
  int part = strcmp(name, "price") == 0 ? 0 : strcmp(name, "amount") == 0 ? 1 : -1;
  uint32_t count = 0;
  if (direct != NULL) return direct;
  if (part < 0) return NULL;
  while (level_at(event, count) != NULL) count++;
  return count == 0 ? part == 1 ? json_get(event, "qty") : NULL : part_of(level_at(event, spot % count), part);
}

/* The message with another digit in that field; NULL: it has no such field. */
static char *change_digit(const line *at, uint32_t spot, const char *name) {
  const json *value = value_of(at, spot, name);
  size_t digits = 0, chosen;
  if (value == NULL) return NULL;
  for (const char *c = value->begin; c < value->end; c++) digits += *c >= '0' && *c <= '9';
  if (digits == 0) return NULL;
  char *copy = malloc(at->length + 1);
  if (copy == NULL) exit(2);
  memcpy(copy, at->bytes, at->length);
  chosen = (size_t)spot * 7 % digits;
  for (char *c = copy + (value->begin - at->bytes);; c++) {
    if (*c < '0' || *c > '9' || chosen-- > 0) continue;
    *c = (char)('0' + (*c - '0' + 1 + (int)(spot % 9)) % 10);
    return copy;
  }
}

/* One broken session. */
typedef struct attempt {
  uint32_t spot; /* line */
  uint32_t next; /* of the same book */
  uint32_t seen; /* line with which it must be seen: that one, or the first behind the two that were swapped */
  uint32_t repair;
  uint32_t end;
  uint32_t last; /* line of the book that was fed last */
  int how;
  int proven; /* the exchange says enough to see it */
  int book;
  int repaired;
} attempt;

/* A number of the connection was missing: what books there were is lost, and what came for others too. */
static int is_lost(const session *s) {
  uint32_t gaps = 0;
  for (int i = 0; i < s->book_count; i++) gaps += s->gaps[i];
  return by_connection(s) && gaps > 0;
}

static void check_reading(session *s, const attempt *a, const line *at) {
  uint64_t hash;
  int live = read_book(s, at->book, &hash), lost = is_lost(s) || (by_connection(s) && a->proven && a->how >= CHANGE);
  if (at->book != a->book) {
    if (live != at->live && !lost) complain(s, at->number, "another book is not as in the whole session");
    if (live && hash != at->hash) complain(s, at->number, "another book has other levels than in the whole session");
  } else if (live && a->proven && !is_true(&s->books[a->book], hash)) {
    complain(s, at->number, "levels can be read that the exchange never had");
  }
}

/* A message that takes no number and changes nothing (OKX, of a book that rests): nothing tells that it is missing. */
static int is_nothing(const line *at) {
  const char *previous = json_text_of(event_of(at->message), "prevSeqId");
  return previous != NULL && json_is(event_of(at->message), "seqId", previous);
}

/* The next message of the book is there. */
static void check_seen(session *s, const attempt *a, const line *at) {
  uint64_t hash;
  int seen = s->gaps[a->book] > 0 || s->unread > 0, live = read_book(s, a->book, &hash);
  int by_numbers = strcmp(s->at->id, "kraken") != 0, harmless = a->how == DOUBLE || !s->lines[a->spot].proven;
  if (is_nothing(&s->lines[a->spot]) && (a->how == DROP || a->how == SWAP || a->how == CUT)) harmless = 1;
  if (a->how == SWAP && is_nothing(&s->lines[a->next])) harmless = 1;
  if (a->how == DROP && at->whole && strcmp(s->at->id, "bybit") == 0) harmless = 1; /* and takes its place */
  if (!a->proven) return;
  if (a->how == CUT && s->unread == 0) complain(s, at->number, "the cut message was taken for whole");
  if (seen || !live) {
    s->detected++;
    return;
  }
  s->overtaken++;
  if (hash != at->hash) complain(s, at->number, "the break is not seen, and the book is false");
  if (by_numbers && !harmless) complain(s, at->number, "the break is not seen");
}

static void repair(session *s, attempt *a, const line *at) {
  uint64_t hash;
  line whole = *at;
  int fetched = strncmp(s->at->id, "binance", 7) == 0 || strncmp(s->at->id, "kucoin", 6) == 0;
  if (at->repair == NULL || read_book(s, a->book, &hash)) return;
  a->repaired = 1;
  s->repaired++;
  if (fetched) whole.what = LINE_REST;
  feed(s, &whole, at->repair, strlen(at->repair));
  if (by_connection(s)) s->shift++;
  int live = read_book(s, a->book, &hash);
  if (!live && !fetched)
    complain(s, at->number, "a whole state does not repair it"); /* there the next message proves it */
  if (live && hash != at->hash) complain(s, at->number, "repaired, it is false");
}

/* Of a connection whose number is missing, all books that could be read are lost. */
static void check_lost(session *s, const attempt *a) {
  for (int book = 0; book < s->book_count; book++) {
    int live = 0;
    for (uint32_t i = 0; i < a->spot; i++)
      if (s->lines[i].book == book) live = s->lines[i].live;
    if (live && s->gaps[book] == 0) complain(s, s->lines[a->spot].number, "a book goes on though a number is missing");
  }
}

static void feed_broken(session *s, const attempt *a, const char *changed) {
  const line *at = &s->lines[a->spot];
  if (a->how >= CHANGE) feed(s, at, changed, at->length);
  if (a->how == DOUBLE) feed(s, at, at->bytes, at->length);
  if (a->how == DOUBLE) feed(s, at, at->bytes, at->length);
  if (a->how == CUT && at->length > 1) feed(s, at, at->bytes, 1 + (size_t)a->spot * 7919 % (at->length - 1));
}

static void run_broken(session *s, attempt *a, const char *changed) {
  uint64_t hash;
  if (!begin(s)) return;
  s->tried++;
  for (uint32_t i = 0; i <= a->end; i++) {
    const line *at = &s->lines[i];
    if (at->what == LINE_IN && at->book < 0 && !by_connection(s)) continue;
    if (i == a->spot)
      feed_broken(s, a, changed);
    else
      feed(s, at, at->bytes, at->length);
    if (a->how == SWAP && i == a->next) {
      check_reading(s, a, at);
      feed(s, &s->lines[a->spot], s->lines[a->spot].bytes, s->lines[a->spot].length);
    }
    if (i < a->spot || at->book < 0) continue;
    check_reading(s, a, at);
    if (at->book == a->book) a->last = i;
    if (i == a->seen) check_seen(s, a, at);
    if (i == a->repair) repair(s, a, at);
  }
  const line *last = &s->lines[a->last];
  if (a->proven && a->repaired && a->last > a->repair && (!read_book(s, a->book, &hash) || hash != last->hash))
    complain(s, last->number, "it was repaired, and is not true later on");
  for (int i = 0; i < s->book_count; i++)
    if (i != a->book && s->gaps[i] > s->books[i].gaps && !by_connection(s))
      complain(s, last->number, "a gap is told in another book");
  if (by_connection(s) && (a->how == DROP || a->how == CUT)) check_lost(s, a);
  bourse_replay_free(s->replay);
  buffer_free(&s->at->w.log);
}

/* Bybit's number one says that a message is the whole state. */
static int is_whole_now(const session *s, const line *at, const char *changed) {
  const json *number = value_of(at, 0, "u");
  return strcmp(s->at->id, "bybit") == 0 && changed != NULL && number != NULL &&
         strtoll(changed + (number->begin - at->bytes), NULL, 10) == 1;
}

/* All ways at one place. */
static void try_place(session *s, uint32_t spot) {
  static const char *const names[] = {"lost", "doubled", "swapped with the next", "cut"};
  const line *at = &s->lines[spot];
  int checksums = strcmp(s->at->id, "kraken") == 0, numbers_only = !checksums && at->whole;
  attempt a = {.spot = spot, .next = at->next, .book = at->book};
  a.repair = after(s, a.next, REPAIR);
  a.end = after(s, a.repair, FOLLOWING);
  if (a.repair == 0) a.repair = a.next;
  if (a.end == 0) a.end = s->count - 1;
  for (a.how = DROP; a.how < CHANGE + (int)FIELDS; a.how++) {
    const field *f = a.how < CHANGE ? NULL : &fields[a.how - CHANGE];
    char *changed = NULL;
    if (f != NULL && strcmp(f->exchange, s->at->id) != 0) continue;
    if (f != NULL && (changed = change_digit(at, spot, f->name)) == NULL) continue;
    if (a.how == SWAP && s->lines[a.next].whole) continue; /* a whole state makes good what was before it */
    a.proven = (f == NULL || f->proven) && !(numbers_only && a.how == SWAP) && !(checksums && s->depth > 10) &&
               !is_whole_now(s, at, changed);
    a.repaired = 0;
    a.seen = a.how == SWAP && checksums ? s->lines[a.next].next : a.next;
    char *what = pool_format(&s->p, "line %ld %s%s", at->number, f == NULL ? names[a.how] : "with another digit in ",
                             f == NULL ? "" : f->name);
    s->what = what;
    run_broken(s, &a, changed);
    free(changed);
  }
}

/* --- All --- */

static void check_session(session *s, const char *bytes, size_t length) {
  uint32_t *places, count = 0, stride;
  read_lines(s, bytes, length);
  sort_out(s);
  if (s->unprovable) return;
  places = pool_alloc(&s->p, (s->count + 1) * sizeof *places);
  for (uint32_t i = 0; i < s->count; i++)
    if (s->lines[i].book >= 0 && s->lines[i].next > 0) places[count++] = i;
  stride = getenv("BROKEN_ALL") != NULL || count <= PLACES ? 1 : count / PLACES;
  for (uint32_t i = 0; i < count; i += stride) {
    uint32_t next = s->lines[places[i]].next, later = after(s, next, REPAIR);
    s->lines[later > 0 ? later : next].needed = 1;
  }
  run_whole(s);
  for (uint32_t i = 0; i < count && s->failed < 10; i += stride) try_place(s, places[i]);
  printf("%s: %u sessions broken at every %u. of %u places: %u seen, %u overtaken, %u repaired\n", s->file, s->tried,
         stride, count, s->detected, s->overtaken, s->repaired);
  if (s->tried == 0 || s->detected == 0 || s->repaired == 0) complain(s, 0, "nothing was seen, or nothing repaired");
}

void check_broken(const json *files, const char *folder, const char *only, tally *t) {
  static venue venues[VENUES_MAX];
  for (const json *row = files->first; row != NULL; row = row->next) {
    session s = {.file = json_text_of(row, "file"), .what = "read"};
    const char *exchange = json_text_of(row, "exchange");
    size_t length = 0;
    if (!json_is(row, "kind", "ws") || s.file == NULL || exchange == NULL || strstr(s.file, ".jsonl") == NULL) continue;
    if (only != NULL && strstr(s.file, only) == NULL) continue;
    s.at = json_is_true(json_get(row, "current")) ? venue_of(venues, exchange) : NULL;
    if (s.at == NULL || s.at->handle == NULL) {
      t->skipped++;
      continue;
    }
    const char *bytes = read_file(&s.p, join_path(&s.p, folder, s.file), &length);
    if (bytes == NULL)
      complain(&s, 0, "cannot be read");
    else
      check_session(&s, bytes, length);
    if (s.unprovable) printf("skipped %s: none of its books is ever live\n", s.file);
    *(s.failed ? &t->failed : s.unprovable ? &t->skipped : &t->passed) += 1;
    free(s.lines);
    pool_free(&s.p);
  }
  venues_close(venues, t);
}
