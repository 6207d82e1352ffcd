/* sockets.c - every current WebSocket message replays and is understood; every session replays without a gap that is not in
 * it, and after each of its messages each book equals the one that other code keeps (socket_model.c). */
#include "recordings/sockets.h"

#include <bourse.h>
#include <bourse/sys/replay.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One file being replayed. */
typedef struct run {
  pool p;
  const char *file;
  const char *product; /* as the manifest calls it */
  venue *at;
  bourse_replay *replay;
  const json *message;        /* in hand; NULL: its fields are not compared */
  uint32_t of_kind[64];       /* records of each kind that it brought */
  const bourse_stream *books; /* the stream that books are read from; NULL: none has been told of */
  uint64_t records;
  int32_t connection;
  int verbose;
  int failed;
  int skipped;
} run;

static void complain(run *r, const char *what, const char *text) {
  if (r->failed++ < 5) printf("FAILED %s: %s%s%s\n", r->file, what, text == NULL ? "" : ": ", text == NULL ? "" : text);
}

/* --- Exchanges --- */

static void open_venue(venue *at, const char *id) {
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_replay *probe;
  memset(at, 0, sizeof *at);
  at->id = id;
  snprintf(at->name, sizeof at->name, "%.*s", (int)strcspn(id, "-"), id);
  world_init(&at->w, INT64_C(1790000000000));
  at->context = world_context(&at->w);
  options.product = strchr(id, '-') != NULL ? BOURSE_PRODUCT_LINEAR : BOURSE_PRODUCT_SPOT;
  options.clock_sync = BOURSE_NO;
  options.market_refresh_ms = -1;
  if (at->context == NULL || bourse_open(&at->handle, at->context, at->name, &options) != BOURSE_OK) return;
  if (bourse_replay_new(&probe, at->handle, NULL, NULL) == BOURSE_OK) {
    bourse_replay_free(probe);
    return;
  }
  bourse_close(at->handle);
  at->handle = NULL;
}

venue *venue_of(venue *venues, const char *id) {
  for (uint32_t i = 0; i < VENUES_MAX; i++) {
    if (venues[i].id == NULL) open_venue(&venues[i], id);
    if (strcmp(venues[i].id, id) == 0) return &venues[i];
  }
  return NULL;
}

void venues_close(venue *venues, tally *t) {
  for (uint32_t i = 0; i < VENUES_MAX && venues[i].id != NULL; i++) {
    bourse_close(venues[i].handle);
    bourse_context_free(venues[i].context);
    if (world_free(&venues[i].w) == 0) continue;
    printf("FAILED %s: memory was not given back\n", venues[i].id);
    t->failed++;
  }
}

/* --- Replaying --- */

/* Record `index` of its kind against the item of the message that it is about. */
static void compare_fields(run *r, const map_family *family, const char *type, uint32_t index, int32_t kind,
                           const void *record) {
  pool p = {NULL};
  uint32_t count = 0;
  map_context c = {&p, socket_map_of(r->at->id), NULL};
  const map_item *item = items_of(&p, family, socket_event(r->message), &count);
  if (family->any_count == 1 && count > 0) index %= count; /* once for each channel it serves */
  if (family->any_count == 2) index = index < count ? count - 1 - index : count;
  for (uint32_t i = 0; i < index && item != NULL && family->any_count != 3; i++) item = item->next;
  const char *wrong =
      item == NULL ? "there are more of it than in the message" : compare_item(&c, family, item, kind, record);
  while (family->any_count == 3 && wrong != NULL && item != NULL && (item = item->next) != NULL)
    if (compare_item(&c, family, item, kind, record) == NULL) wrong = NULL;
  if (wrong != NULL) complain(r, pool_format(&r->p, "%s", type), pool_string(&r->p, wrong));
  pool_free(&p);
}

static void take_records(run *r, const bourse_stream_event *event) {
  const map_exchange *map = r->message == NULL ? NULL : socket_map_of(r->at->id);
  const char *type = socket_event_type(socket_event(r->message));
  char path[64];
  if (map == NULL || event->record_kind < 0 || event->record_kind >= 64) return;
  snprintf(path, sizeof path, "ws/%s", type);
  const map_family *family = family_of(map, event->record_kind, path);
  if (family == NULL && event->record_kind != BOURSE_KIND_ORDER_BOOK) complain(r, "no map for this", path);
  for (uint32_t i = 0; family != NULL && i < event->count; i++)
    compare_fields(r, family, type, r->of_kind[event->record_kind]++, event->record_kind,
                   bourse_stream_event_record(event, i));
}

/* All that the message holds must have come. */
static void check_counts(run *r) {
  const map_exchange *map = r->message == NULL ? NULL : socket_map_of(r->at->id);
  const json *event = r->message == NULL ? NULL : socket_event(r->message);
  char path[64];
  if (map == NULL || event == NULL) return;
  snprintf(path, sizeof path, "ws/%s", socket_event_type(event));
  for (int32_t kind = 0; kind < 64; kind++) {
    uint32_t items = 0;
    pool p = {NULL};
    const map_family *family = family_of(map, kind, path);
    if (family != NULL && family->any_count != 1) items_of(&p, family, event, &items);
    if (family != NULL && family->any_count != 1 && r->of_kind[kind] != items)
      complain(r, path, pool_format(&r->p, "%u records, the message has %u", r->of_kind[kind], items));
    pool_free(&p);
  }
}

static void on_event(void *user_data, const bourse_stream_event *event) {
  run *r = user_data;
  if (event->kind == BOURSE_STREAM_DATA) take_records(r, event);
  if (event->kind == BOURSE_STREAM_DATA) r->records += event->count;
  if (event->operation == BOURSE_OP_WATCH_ORDER_BOOK) r->books = event->stream;
  if (r->verbose && event->kind == BOURSE_STREAM_GAP)
    printf("%s: gap of kind %d in %s: %lld expected, %lld found\n", r->file, event->gap_kind, event->symbol,
           (long long)event->gap_expected, (long long)event->gap_found);
}

/* Where one exchange has a connection for each product, the manifest says which one a message came over. */
static int32_t product_of(const run *r) {
  static const struct {
    const char *name;
    int32_t product;
  } names[] = {
      {"linear", BOURSE_PRODUCT_LINEAR}, {"inverse", BOURSE_PRODUCT_INVERSE}, {"option", BOURSE_PRODUCT_OPTION}};
  if (r->product == NULL || strcmp(r->at->id, "bybit") != 0) return 0;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(r->product, names[i].name) == 0) return names[i].product;
  return strstr(r->file, "liquidation") != NULL || strstr(r->file, "linear") != NULL ? BOURSE_PRODUCT_LINEAR : 0;
}

static int begin(run *r) {
  int32_t product = product_of(r);
  if (bourse_replay_new(&r->replay, r->at->handle, on_event, r) == BOURSE_OK &&
      (product == 0 || bourse_replay_open(r->replay, 1, NULL, product) == BOURSE_OK))
    return 1;
  complain(r, "no replay", bourse_context_error(r->at->context)->message);
  return 0;
}

static void end(run *r) {
  bourse_replay_free(r->replay);
  r->replay = NULL;
  r->books = NULL;
}

/* `message`: what the bytes are, for comparing; NULL: not to be compared. */
static void feed(run *r, int32_t connection, const json *message, const char *bytes, size_t length, int64_t time_ns) {
  r->message = message;
  memset(r->of_kind, 0, sizeof r->of_kind);
  if (bourse_replay_message(r->replay, connection, bytes, length, time_ns) != BOURSE_OK)
    complain(r, bourse_context_error(r->at->context)->message, pool_copy(&r->p, bytes, length < 200 ? length : 200));
  else
    check_counts(r);
  r->message = NULL;
}

/* --- Books --- */

/* The side as the library has it, in the order and the form of the model. */
static const char *compare_side(run *r, const model_book *book, int side) {
  int32_t of = side == MODEL_BIDS ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
  uint32_t count = 0;
  if (bourse_book_count(&count, r->books, book->id, of) != BOURSE_OK) return "it cannot be read";
  if (count != book->count[side]) return pool_format(&r->p, "%u levels, %u are right", count, book->count[side]);
  pool p = {NULL};
  const char *wrong = NULL;
  bourse_level *levels = pool_alloc(&p, (count + 1) * sizeof *levels);
  if (bourse_book_levels(levels, &count, r->books, book->id, of) != BOURSE_OK || count != book->count[side])
    wrong = "not all of its levels can be read";
  for (uint32_t i = 0; i < count && wrong == NULL; i++) {
    const model_level *right = &book->levels[side][side == MODEL_BIDS ? count - 1 - i : i];
    char price[BOURSE_DECIMAL_TEXT_SIZE], amount[BOURSE_DECIMAL_TEXT_SIZE];
    bourse_decimal_format(price, sizeof price, &levels[i].price);
    bourse_decimal_format(amount, sizeof amount, &levels[i].amount);
    if (strcmp(model_number(&p, price), right->price) != 0 || strcmp(model_number(&p, amount), right->amount) != 0)
      wrong =
          pool_format(&r->p, "level %u is %s at %s, %s at %s is right", i, amount, price, right->amount, right->price);
  }
  pool_free(&p);
  return wrong;
}

static const char *compare_book(run *r, const model_book *book) {
  int32_t state = r->books == NULL ? 0 : bourse_stream_state(r->books, book->id);
  int64_t sequence = 0;
  bourse_level bid, ask;
  if (!book->live) {
    if (state == BOURSE_STREAM_LIVE) return "the library calls it live, and it is not proven";
    if (r->books != NULL && bourse_book_best(&bid, &ask, r->books, book->id) == BOURSE_OK)
      return "it can be read, and is not proven";
    return NULL;
  }
  if (state != BOURSE_STREAM_LIVE && (book->fetched || book->doubtful)) return NULL;
  if (state != BOURSE_STREAM_LIVE) return pool_format(&r->p, "it is proven, and the library has it in state %d", state);
  const char *wrong = compare_side(r, book, MODEL_BIDS);
  if (wrong == NULL) wrong = compare_side(r, book, MODEL_ASKS);
  if (wrong == NULL && book->sequence >= 0 &&
      (bourse_book_sequence(&sequence, NULL, r->books, book->id) != BOURSE_OK || sequence != book->sequence))
    wrong = pool_format(&r->p, "its number is %lld, %lld is right", (long long)sequence, (long long)book->sequence);
  return wrong;
}

/* All books that the message (or a fetched state) is about; all of them when `every`. */
static void compare_books(run *r, const socket_model *m, long line, int every) {
  for (const model_book *book = m->books; book != NULL; book = book->next) {
    const char *wrong = book->touched || every ? compare_book(r, book) : NULL;
    if (wrong != NULL) complain(r, pool_format(&r->p, "line %ld, book of %s", line, book->id), wrong);
  }
}

/* --- Sessions --- */

int64_t session_time(const char *seconds) {
  const char *point = seconds == NULL ? NULL : strchr(seconds, '.');
  int64_t ns = seconds == NULL ? 0 : strtoll(seconds, NULL, 10) * 1000000000;
  int64_t unit = 100000000;
  for (const char *digit = point == NULL ? "" : point + 1; *digit >= '0' && *digit <= '9'; digit++, unit /= 10)
    ns += (*digit - '0') * unit;
  return ns;
}

const char *session_market(pool *p, const char *url) {
  const char *at = url == NULL ? NULL : strstr(url, "symbol=");
  return at == NULL ? NULL : pool_copy(p, at + 7, strcspn(at + 7, "&"));
}

/* The book in an HTTP reply, bare or in an envelope; NULL: it is of something else. */
static const json *fetched_book(const json *reply) {
  const json *data = json_get(reply, "data");
  return json_get(reply, "bids") != NULL ? reply : json_get(data, "bids") != NULL ? data : NULL;
}

static void take_line(run *r, socket_model *m, const json *line, long number) {
  const json *message = json_get(line, "msg");
  const char *url = json_text_of(line, "url"), *conn = json_text_of(line, "conn");
  /* What was fetched meanwhile belongs to the connection at hand. */
  if (conn != NULL) r->connection = (int32_t)strtol(conn, NULL, 10);
  size_t length = message == NULL ? 0 : (size_t)(message->end - message->begin);
  int64_t time_ns = session_time(json_text_of(line, "t"));
  if (json_is(line, "dir", "open")) bourse_replay_open(r->replay, r->connection, url, 0);
  if (message == NULL) return;
  if (json_is(line, "dir", "out")) {
    bourse_replay_sent(r->replay, r->connection, message->begin, length);
    model_sent(m, message);
  } else if (json_is(line, "dir", "in")) {
    model_message(m, message);
    feed(r, r->connection, message, message->begin, length, time_ns);
    compare_books(r, m, number, 0);
  } else if (json_is(line, "dir", "rest") && fetched_book(message) != NULL) {
    const char *id = session_market(&r->p, url);
    if (id == NULL && m->books != NULL && m->books->next == NULL) id = m->books->id;
    if (id == NULL) return;
    model_snapshot(m, id, fetched_book(message));
    if (bourse_replay_snapshot(r->replay, r->connection, id, message->begin, length, time_ns) != BOURSE_OK)
      complain(r, "a fetched book is not taken", bourse_context_error(r->at->context)->message);
    compare_books(r, m, number, 1);
  }
}

static void check_session(run *r, const char *bytes, size_t length) {
  bourse_replay_summary summary = {.struct_size = sizeof summary};
  socket_model m = {.p = &r->p, .exchange = r->at->id};
  const char *cursor = bytes, *error = NULL;
  long number = 0;
  for (const json *line; (line = json_parse_next(&r->p, &cursor, bytes + length, &error)) != NULL;)
    take_line(r, &m, line, ++number);
  if (error != NULL) complain(r, "not JSON", error);
  bourse_replay_summarize(r->replay, &summary);
  int began = m.books == NULL;
  for (const model_book *book = m.books; book != NULL; book = book->next) began |= book->began | book->unprovable;
  if (!began) printf("%s: it begins in the middle, and no whole state of a book comes later\n", r->file);
  if (began && summary.gaps != (uint64_t)m.gaps)
    complain(r, "gaps", pool_format(&r->p, "%llu told, %d are in it", (unsigned long long)summary.gaps, m.gaps));
  if (summary.checksum_failures != 0) complain(r, "checksums do not match", NULL);
  uint32_t live = 0;
  int unprovable = m.books != NULL;
  for (const model_book *book = m.books; book != NULL; book = book->next) {
    live += (uint32_t)book->live;
    unprovable &= book->unprovable;
  }
  if (unprovable)
    printf("%s: its messages of books have no numbers: none is proven, and none is called live\n", r->file);
  if (live == 0 && !unprovable && began) complain(r, "no book was ever proven", NULL);
  printf("%s: %llu messages, %llu records, %llu changes of %u books, %llu quiet, %d gaps\n", r->file,
         (unsigned long long)summary.messages, (unsigned long long)summary.records,
         (unsigned long long)summary.book_updates, live, (unsigned long long)summary.quiet, m.gaps);
  model_free(&m);
}

/* --- Single messages --- */

static void reverse(buffer *out, const json *value) {
  if (value->kind != JSON_OBJECT && value->kind != JSON_ARRAY) {
    buffer_add(out, value->begin, (size_t)(value->end - value->begin));
    return;
  }
  buffer_string(out, value->kind == JSON_OBJECT ? "{" : "[");
  for (uint32_t i = 0; i < value->count; i++) {
    const json *one = value->first;
    for (uint32_t n = value->kind == JSON_OBJECT ? value->count - 1 - i : i; n > 0; n--) one = one->next;
    if (i > 0) buffer_string(out, ",");
    if (one->key != NULL) {
      json_quote(out, one->key);
      buffer_string(out, ":");
    }
    reverse(out, one);
  }
  buffer_string(out, value->kind == JSON_OBJECT ? "}" : "]");
}

/* Why a message of the set is not one that a client of ours receives; NULL: it is. */
static const char *not_received(const char *exchange, const json *message) {
  if (strncmp(exchange, "kucoin", 6) != 0) return NULL;
  if (json_is(message, "type", "subscribe") || json_is(message, "type", "unsubscribe"))
    return "a request, which clients send";
  if ((json_get(message, "T") != NULL && json_get(message, "P") != NULL) || json_get(message, "result") != NULL)
    return "of the unified account's sockets, which are not used";
  return NULL;
}

/* As recorded, and with its keys turned round and no white space; the same comes of both. */
static void check_message(run *r, const char *bytes, size_t length) {
  const json *value = json_parse(&r->p, bytes, length, NULL);
  buffer text = {0};
  const char *reason = value == NULL ? NULL : not_received(r->at->id, value);
  if (reason != NULL) {
    printf("skipped %s: %s\n", r->file, reason);
    r->skipped = 1;
    return;
  }
  feed(r, 1, value, bytes, length, 1);
  uint64_t records = r->records;
  if (r->failed || value == NULL) return;
  end(r);
  if (!begin(r)) return;
  reverse(&text, value);
  feed(r, 1, value, text.data, text.length, 1);
  if (r->records != 2 * records) complain(r, "with its keys turned round it tells something else", NULL);
  if (records == 0 && r->verbose) printf("%s: understood, with nothing to hand on\n", r->file);
  buffer_free(&text);
}

/* --- Files --- */

static void check_file(run *r, const char *folder) {
  size_t length = 0;
  const char *bytes = read_file(&r->p, join_path(&r->p, folder, r->file), &length);
  if (bytes == NULL) {
    complain(r, "cannot be read", NULL);
    return;
  }
  if (!begin(r)) return;
  if (strstr(r->file, ".jsonl") != NULL)
    check_session(r, bytes, length);
  else
    check_message(r, bytes, length);
  end(r);
}

void check_sockets(const json *files, const char *folder, const char *only, int verbose, tally *t) {
  static venue venues[VENUES_MAX];
  for (const json *row = files->first; row != NULL; row = row->next) {
    run r = {.file = json_text_of(row, "file"), .product = json_text_of(row, "product"), .verbose = verbose};
    const char *exchange = json_text_of(row, "exchange");
    if (!json_is(row, "kind", "ws") || r.file == NULL || exchange == NULL) continue;
    if (only != NULL && strstr(r.file, only) == NULL) continue;
    r.at = json_is_true(json_get(row, "current")) ? venue_of(venues, exchange) : NULL;
    if (r.at == NULL || r.at->handle == NULL) {
      t->skipped++;
      continue;
    }
    check_file(&r, folder);
    *(r.failed ? &t->failed : r.skipped ? &t->skipped : &t->passed) += 1;
    pool_free(&r.p);
  }
  venues_close(venues, t);
}
