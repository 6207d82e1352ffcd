/* socket_model.c - order books by plain sorted arrays of texts. Slow, and with nothing of the library in it. */
#include <stdlib.h>
#include <string.h>

#include "recordings/sockets.h"

#define WIDTH 24 /* digits before the point, and behind it */

/* --- Numbers as texts --- */

/* "1.2e-7", "29423.50" -> forty-eight digits, so that texts sort like numbers. */
const char *model_number(pool *p, const char *text) {
  char digits[2 * WIDTH + 1];
  int exponent = 0;
  const char *e = strpbrk(text, "eE"), *point = strchr(text, '.');
  size_t length = e == NULL ? strlen(text) : (size_t)(e - text);
  size_t whole = point == NULL ? length : (size_t)(point - text);
  if (e != NULL) exponent = (int)strtol(e + 1, NULL, 10);
  memset(digits, '0', sizeof digits - 1);
  digits[sizeof digits - 1] = '\0';
  for (size_t i = 0; i < length; i++) {
    if (text[i] < '0' || text[i] > '9') continue;
    long place = (long)WIDTH - (long)whole + (long)i + exponent - (i > whole ? 1 : 0);
    if (text[i] != '0' && (place < 0 || place >= 2 * WIDTH)) return "out of range";
    if (place >= 0 && place < 2 * WIDTH) digits[place] = text[i];
  }
  return pool_copy(p, digits, sizeof digits - 1);
}

static int is_zero(const char *number) { return strspn(number, "0") == strlen(number); }

/* --- Books --- */

static model_book *book_of(socket_model *m, const char *id) {
  for (model_book *book = m->books; book != NULL; book = book->next)
    if (strcmp(book->id, id) == 0) return book;
  model_book *book = pool_alloc(m->p, sizeof *book);
  book->id = pool_string(m->p, id);
  book->sequence = -1;
  book->next = m->books;
  m->books = book;
  return book;
}

static void clear(model_book *book) { book->count[MODEL_BIDS] = book->count[MODEL_ASKS] = 0; }

static void set(socket_model *m, model_book *book, int side, const char *price_text, const char *amount_text) {
  const char *price = model_number(m->p, price_text), *amount = model_number(m->p, amount_text);
  uint32_t low = 0, high = book->count[side];
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (strcmp(book->levels[side][middle].price, price) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  model_level *at = book->levels[side] == NULL ? NULL : book->levels[side] + low;
  int there = low < book->count[side] && strcmp(at->price, price) == 0;
  size_t behind = (book->count[side] - low) * sizeof *at;
  if (is_zero(amount)) {
    if (there) memmove(at, at + 1, behind - sizeof *at);
    book->count[side] -= (uint32_t)there;
    return;
  }
  if (there) {
    at->amount = amount;
    return;
  }
  if (book->count[side] == book->capacity[side]) {
    book->capacity[side] = book->capacity[side] * 2 + 64;
    book->levels[side] = realloc(book->levels[side], book->capacity[side] * sizeof *at);
    if (book->levels[side] == NULL) exit(2);
    at = book->levels[side] + low;
  }
  memmove(at + 1, at, behind);
  *at = (model_level){price, amount};
  book->count[side]++;
}

/* Rows of [price, amount], or objects of `price` and `qty`. */
static void set_all(socket_model *m, model_book *book, int side, const json *rows) {
  for (const json *row = rows == NULL ? NULL : rows->first; row != NULL; row = row->next) {
    int object = row->kind == JSON_OBJECT;
    set(m, book, side, object ? json_text_of(row, "price") : json_text(json_at(row, 0)),
        object ? json_text_of(row, "qty") : json_text(json_at(row, 1)));
  }
}

/* Drops what is worse than the best `depth`. */
static void cut(const socket_model *m, model_book *book) {
  uint32_t bids = book->count[MODEL_BIDS];
  if (m->depth == 0) return;
  if (book->count[MODEL_ASKS] > m->depth) book->count[MODEL_ASKS] = m->depth;
  if (bids <= m->depth) return;
  memmove(book->levels[MODEL_BIDS], book->levels[MODEL_BIDS] + (bids - m->depth), m->depth * sizeof(model_level));
  book->count[MODEL_BIDS] = m->depth;
}

static void lose(socket_model *m, model_book *book) {
  m->gaps++;
  book->live = 0;
  book->held_count = 0;
}

static void hold(model_book *book, const json *message) {
  if (book->held_count == book->held_capacity) {
    book->held_capacity = book->held_capacity * 2 + 64;
    book->held = realloc(book->held, book->held_capacity * sizeof *book->held);
    if (book->held == NULL) exit(2);
  }
  book->held[book->held_count++] = message;
}

static int64_t number(const json *object, const char *key) {
  const char *text = json_text_of(object, key);
  return text == NULL ? -1 : strtoll(text, NULL, 10);
}

/* --- Binance: differences by numbers --- */

/* Applies one message to a book that has a state. `joins`: the first one after it. */
static void binance_apply(socket_model *m, model_book *book, const json *data, int joins) {
  int64_t first = number(data, "U"), last = number(data, "u"), previous = number(data, "pu");
  int futures = strcmp(m->exchange, "binance") != 0;
  if (joins && (futures ? last < book->sequence : last <= book->sequence)) return; /* older than the state */
  int follows = futures ? previous == book->sequence || (joins && first <= book->sequence && last >= book->sequence)
                        : first == book->sequence + 1 || (joins && first <= book->sequence + 1);
  if (!follows) {
    lose(m, book);
    return;
  }
  set_all(m, book, MODEL_BIDS, json_get(data, "b"));
  set_all(m, book, MODEL_ASKS, json_get(data, "a"));
  /* A message that the fetched state falls within is proven by the next one. */
  book->doubtful = joins && (futures ? previous != book->sequence : first != book->sequence + 1);
  book->sequence = last;
  book->live = book->began = 1;
  book->fetched = 0;
}

static void binance_message(socket_model *m, const json *message) {
  const json *data = json_get(message, "data") != NULL ? json_get(message, "data") : message;
  if (!json_is(data, "e", "depthUpdate") || json_text_of(data, "s") == NULL) return;
  model_book *book = book_of(m, json_text_of(data, "s"));
  book->touched = 1;
  if (!book->live)
    hold(book, data);
  else
    binance_apply(m, book, data, book->fetched);
}

static void binance_snapshot(socket_model *m, const char *id, const json *reply) {
  model_book *book = m->books;
  if (id != NULL) book = book_of(m, id);
  if (book == NULL || (book->live && !book->fetched)) return;
  clear(book);
  set_all(m, book, MODEL_BIDS, json_get(reply, "bids"));
  set_all(m, book, MODEL_ASKS, json_get(reply, "asks"));
  book->sequence = number(reply, "lastUpdateId");
  book->live = book->fetched = book->began = 1;
  for (uint32_t i = 0; i < book->held_count; i++) binance_apply(m, book, book->held[i], book->fetched);
  book->held_count = 0;
}

/* --- Kraken: whole state first; spot by checksums (which the library compares), futures by numbers --- */

static void kraken_message(socket_model *m, const json *message) {
  const json *data = json_at(json_get(message, "data"), 0);
  const char *id = json_text_of(data, "symbol");
  if (!json_is(message, "channel", "book") || id == NULL) return;
  model_book *book = book_of(m, id);
  book->touched = 1;
  if (json_is(message, "type", "snapshot")) {
    clear(book);
    book->live = book->began = 1;
  }
  if (!book->live) return;
  set_all(m, book, MODEL_BIDS, json_get(data, "bids"));
  set_all(m, book, MODEL_ASKS, json_get(data, "asks"));
  if (json_is(message, "type", "snapshot") && m->depth == 0)
    m->depth = book->count[MODEL_BIDS] > book->count[MODEL_ASKS] ? book->count[MODEL_BIDS] : book->count[MODEL_ASKS];
  cut(m, book);
}

static void kraken_futures_message(socket_model *m, const json *message) {
  const char *id = json_text_of(message, "product_id");
  int whole = json_is(message, "feed", "book_snapshot"), change = json_is(message, "feed", "book");
  if (id == NULL || (!whole && !change) || json_get(message, "seq") == NULL) return;
  model_book *book = book_of(m, id);
  book->touched = 1;
  if (whole) {
    clear(book);
    set_all(m, book, MODEL_BIDS, json_get(message, "bids"));
    set_all(m, book, MODEL_ASKS, json_get(message, "asks"));
    book->sequence = number(message, "seq");
    book->live = book->began = 1;
    return;
  }
  if (!book->live || number(message, "seq") <= book->sequence) return;
  if (number(message, "seq") != book->sequence + 1) {
    lose(m, book);
    return;
  }
  set(m, book, json_is(message, "side", "buy") ? MODEL_BIDS : MODEL_ASKS, json_text_of(message, "price"),
      json_text_of(message, "qty"));
  book->sequence++;
}

/* --- OKX: whole state first, then changes, each with the number of the one before it. Numbers may start again below what they
 * were, and a message may have the number of the one before and nothing in it. --- */

static void okx_message(socket_model *m, const json *message) {
  const json *data = json_at(json_get(message, "data"), 0);
  const char *id = json_text_of(json_get(message, "arg"), "instId");
  if (!json_is(json_get(message, "arg"), "channel", "books") || id == NULL || data == NULL) return;
  model_book *book = book_of(m, id);
  book->touched = 1;
  if (json_is(message, "action", "snapshot")) {
    clear(book);
    book->live = book->began = 1;
  } else if (json_get(data, "prevSeqId") == NULL) { /* as before there were numbers */
    book->unprovable = 1;
    if (book->live) lose(m, book);
  } else if (book->live && number(data, "prevSeqId") != book->sequence) {
    lose(m, book);
  }
  if (!book->live) return;
  set_all(m, book, MODEL_BIDS, json_get(data, "bids"));
  set_all(m, book, MODEL_ASKS, json_get(data, "asks"));
  book->sequence = number(data, "seqId");
}

/* --- Bybit: whole state first and after each restart there (number 1), then one number after another --- */

static void bybit_message(socket_model *m, const json *message) {
  const json *data = json_get(message, "data");
  const char *topic = json_text_of(message, "topic"), *id = json_text_of(data, "s");
  if (topic == NULL || strncmp(topic, "orderbook.", 10) != 0 || id == NULL) return;
  model_book *book = book_of(m, id);
  int64_t update = number(data, "u");
  int whole = json_is(message, "type", "snapshot") || update == 1;
  m->depth = (uint32_t)strtoul(topic + 10, NULL, 10);
  book->touched = 1;
  if (!whole && (!book->live || update <= book->sequence)) return;
  if (!whole && update != book->sequence + 1) {
    lose(m, book);
    return;
  }
  if (whole) clear(book);
  set_all(m, book, MODEL_BIDS, json_get(data, "b"));
  set_all(m, book, MODEL_ASKS, json_get(data, "a"));
  cut(m, book);
  book->sequence = update;
  book->live = book->began = 1;
}

/* --- KuCoin: differences by numbers, each level with its own, upon a fetched state --- */

static void kucoin_side(socket_model *m, model_book *book, int side, const json *rows) {
  for (const json *row = rows == NULL ? NULL : rows->first; row != NULL; row = row->next) {
    const char *price = json_text(json_at(row, 0)), *sequence = json_text(json_at(row, 2));
    if (is_zero(price) || sequence == NULL || strtoll(sequence, NULL, 10) <= book->sequence)
      continue; /* 0: a number passes */
    set(m, book, side, price, json_text(json_at(row, 1)));
  }
}

static void kucoin_apply(socket_model *m, model_book *book, const json *data) {
  int64_t first = number(data, "sequenceStart"), last = number(data, "sequenceEnd");
  if (last <= book->sequence) return; /* older than the state */
  if (first > book->sequence + 1) {
    lose(m, book);
    return;
  }
  kucoin_side(m, book, MODEL_BIDS, json_get(json_get(data, "changes"), "bids"));
  kucoin_side(m, book, MODEL_ASKS, json_get(json_get(data, "changes"), "asks"));
  book->doubtful = book->fetched && first <= book->sequence;
  book->sequence = last;
  book->fetched = 0;
}

/* Futures: one level with one number, as a text "price,side,size". */
static void kucoin_change(socket_model *m, model_book *book, const json *data) {
  const char *change = json_text_of(data, "change"), *side = change == NULL ? NULL : strchr(change, ',');
  int64_t sequence = number(data, "sequence");
  if (side == NULL || strrchr(change, ',') == side || sequence <= book->sequence) return;
  if (sequence != book->sequence + 1) {
    lose(m, book);
    return;
  }
  set(m, book, strncmp(side + 1, "buy", 3) == 0 ? MODEL_BIDS : MODEL_ASKS,
      pool_copy(m->p, change, (size_t)(side - change)), strrchr(change, ',') + 1);
  book->sequence = sequence;
  book->fetched = 0;
}

static void kucoin_futures_message(socket_model *m, const json *message) {
  const char *topic = json_text_of(message, "topic");
  if (topic == NULL || strncmp(topic, "/contractMarket/level2:", 23) != 0 || json_get(message, "data") == NULL) return;
  model_book *book = book_of(m, topic + 23);
  book->touched = 1;
  if (!book->live)
    hold(book, json_get(message, "data"));
  else
    kucoin_change(m, book, json_get(message, "data"));
}

static void kucoin_message(socket_model *m, const json *message) {
  const json *data = json_get(message, "data");
  if (!json_is(message, "subject", "trade.l2update") || json_text_of(data, "symbol") == NULL) return;
  model_book *book = book_of(m, json_text_of(data, "symbol"));
  book->touched = 1;
  if (!book->live)
    hold(book, data);
  else
    kucoin_apply(m, book, data);
}

static void kucoin_snapshot(socket_model *m, const char *id, const json *reply) {
  model_book *book = id == NULL ? m->books : book_of(m, id);
  if (book == NULL || (book->live && !book->fetched)) return;
  clear(book);
  set_all(m, book, MODEL_BIDS, json_get(reply, "bids"));
  set_all(m, book, MODEL_ASKS, json_get(reply, "asks"));
  book->sequence = number(reply, "sequence");
  book->live = book->fetched = book->began = 1;
  for (uint32_t i = 0; i < book->held_count && book->live; i++)
    (json_get(book->held[i], "change") != NULL ? kucoin_change : kucoin_apply)(m, book, book->held[i]);
  book->held_count = 0;
}

/* --- Coinbase: whole state first; numbers are the connection's, and one that is missing may have been of any book --- */

static void coinbase_event(socket_model *m, const json *event, int64_t sequence) {
  const char *id = json_text_of(event, "product_id");
  const json *updates = json_get(event, "updates");
  if (id == NULL || updates == NULL) return;
  model_book *book = book_of(m, id);
  book->touched = 1;
  if (json_is(event, "type", "snapshot")) {
    clear(book);
    book->live = book->began = 1;
  }
  if (!book->live) return;
  for (const json *row = updates->first; row != NULL; row = row->next)
    set(m, book, json_is(row, "side", "bid") ? MODEL_BIDS : MODEL_ASKS, json_text_of(row, "price_level"),
        json_text_of(row, "new_quantity"));
  book->sequence = sequence;
}

static void coinbase_message(socket_model *m, const json *message) {
  int64_t sequence = number(message, "sequence_num");
  const json *events = json_get(message, "events");
  if (sequence < 0 || sequence < m->next) return;
  for (model_book *book = m->books; book != NULL && sequence > m->next; book = book->next)
    if (book->live) lose(m, book);
  m->next = sequence + 1;
  if (!json_is(message, "channel", "l2_data") || events == NULL) return;
  for (const json *event = events->first; event != NULL; event = event->next) coinbase_event(m, event, sequence);
}

/* --- Which of them --- */

void model_message(socket_model *m, const json *message) {
  for (model_book *book = m->books; book != NULL; book = book->next) book->touched = 0;
  if (strncmp(m->exchange, "binance", 7) == 0) binance_message(m, message);
  if (strcmp(m->exchange, "kraken") == 0) kraken_message(m, message);
  if (strcmp(m->exchange, "coinbase") == 0) coinbase_message(m, message);
  if (strcmp(m->exchange, "okx") == 0) okx_message(m, message);
  if (strcmp(m->exchange, "kraken-futures") == 0) kraken_futures_message(m, message);
  if (strcmp(m->exchange, "bybit") == 0) bybit_message(m, message);
  if (strcmp(m->exchange, "kucoin") == 0) kucoin_message(m, message);
  if (strcmp(m->exchange, "kucoin-futures") == 0) kucoin_futures_message(m, message);
}

void model_snapshot(socket_model *m, const char *id, const json *reply) {
  if (strncmp(m->exchange, "binance", 7) == 0) binance_snapshot(m, id, reply);
  if (strncmp(m->exchange, "kucoin", 6) == 0) kucoin_snapshot(m, id, reply);
}

void model_sent(socket_model *m, const json *message) {
  const char *depth = json_text_of(json_get(message, "params"), "depth");
  if (depth != NULL) m->depth = (uint32_t)strtoul(depth, NULL, 10);
}

void model_free(socket_model *m) {
  for (model_book *book = m->books; book != NULL; book = book->next) {
    free(book->levels[MODEL_BIDS]);
    free(book->levels[MODEL_ASKS]);
    free((void *)(uintptr_t)book->held);
  }
  m->books = NULL;
}
