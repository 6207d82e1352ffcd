/* stream.c - recorded WebSocket messages from the bytes of their frames to a callback, books applied, beside simdjson that only
 * parses them.
 *
 *   stream count WHO EXCHANGE CLASS FILE...   for callgrind (--toggle-collect=measured_WHO); prints how many messages
 *   stream time EXCHANGE CLASS FILE...        "ours NANOSECONDS" and "simdjson NANOSECONDS" a message (median of rounds)
 *   stream allocations EXCHANGE CLASS FILE... "library N" and "malloc N": of the second half of the messages, all together
 *   stream books COUNT...                     "COUNT NANOSECONDS" a message with so many books, in turns (median of rounds)
 *
 * WHO is ours or simdjson. EXCHANGE is named as in the manifest of recordings ("binance-usdm"). CLASS is a text that a message
 * must hold ("": all). A FILE is a recorded session (.jsonl or .jsonl.gz), whose fetched books are handed over outside of what is
 * measured, or one message (.json). That is repeated, and so is a session's CLASS that is of no book, until there are REPEATED.
 * Sessions with gaps in them go on, and that is said on standard error. */
#include <bourse.h>
#include <bourse/sys/replay.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "net/websocket.h"
#include "peers.h"
#include "support/files.h"
#include "support/json.h"

enum { ROUNDS = 9, REPEATED = 3000, READ_MAX = 16384, BOOK_MESSAGES = 60000, BOOK_LEVELS = 50 };

/* --- Allocations --- */

static unsigned long mallocs, own_allocations;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size) {
  mallocs++;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  mallocs++;
  return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
  mallocs++;
  return __libc_realloc(memory, size);
}

static void *own_allocate(void *user_data, size_t size) {
  (void)user_data;
  own_allocations++;
  return __libc_malloc(size);
}

static void *own_reallocate(void *user_data, void *memory, size_t size) {
  (void)user_data;
  own_allocations++;
  return __libc_realloc(memory, size);
}

static void own_release(void *user_data, void *memory) {
  (void)user_data;
  free(memory);
}

/* --- Messages --- */

enum { OPEN, OUT, IN, REST };

typedef struct line {
  int what;
  int32_t connection;
  const char *url;
  const char *bytes;
  size_t length;
} line;

/* Lines that come one after another and are all received: their frames. */
typedef struct segment {
  const line *before; /* what is done first; NULL: nothing */
  int32_t connection;
  size_t frames; /* offset */
  size_t length;
} segment;

typedef struct bench {
  pool p;
  const char *exchange_name;
  line *lines;
  size_t count, capacity;
  segment *segments;
  size_t segment_count;
  buffer frames;
  size_t messages;
  void *peer;
  bourse_context *context;
  bourse_exchange *exchange;
  bourse_replay *replay;
  bourse__websocket protocol;
  size_t done;
  uint64_t events, records, gaps;
  unsigned long at_half[2];
  int only_last; /* segment counts */
  int warmed;
  int told_gaps;
} bench;

_Noreturn static void die(const char *what, const char *why) {
  fprintf(stderr, "stream: %s: %s\n", what, why);
  exit(1);
}

static void add_line(bench *b, line one) {
  if (b->count == b->capacity) {
    b->capacity = b->capacity * 2 + 1024;
    b->lines = realloc(b->lines, b->capacity * sizeof *b->lines);
    if (b->lines == NULL) die("memory", "out");
  }
  b->lines[b->count++] = one;
}

static int holds(const char *bytes, size_t length, const char *text) {
  return text[0] == '\0' || memmem(bytes, length, text, strlen(text)) != NULL;
}

static void read_session(bench *b, const char *bytes, size_t length, const char *class) {
  const char *cursor = bytes;
  int32_t connection = 0;
  for (const json *one; (one = json_parse_next(&b->p, &cursor, bytes + length, NULL)) != NULL;) {
    const json *message = json_get(one, "msg");
    const char *conn = json_text_of(one, "conn");
    line at = {.what = IN, .url = json_text_of(one, "url")};
    if (conn != NULL) connection = (int32_t)strtol(conn, NULL, 10);
    at.connection = connection;
    if (json_is(one, "dir", "open")) at.what = OPEN;
    if (json_is(one, "dir", "out")) at.what = OUT;
    if (json_is(one, "dir", "rest")) at.what = REST;
    if (message != NULL) at.bytes = message->begin;
    if (message != NULL) at.length = (size_t)(message->end - message->begin);
    if (at.what == IN && !holds(at.bytes, at.length, class)) continue;
    if (at.what == REST && json_get(message, "bids") == NULL && json_get(json_get(message, "data"), "bids") == NULL)
      continue;
    add_line(b, at);
  }
}

/* Documents show messages with white space, which none has on its way. */
static size_t without_blanks(char *bytes, size_t length) {
  size_t kept = 0;
  for (size_t i = 0, quoted = 0; i < length; i++) {
    if (quoted && bytes[i] == '\\' && i + 1 < length) {
      bytes[kept++] = bytes[i++];
    } else {
      quoted ^= bytes[i] == '"';
      if (!quoted && strchr(" \t\r\n", bytes[i]) != NULL) continue;
    }
    bytes[kept++] = bytes[i];
  }
  return kept;
}

static void read_files(bench *b, const char *class, char **files, int count) {
  int singles = 0;
  for (int i = 0; i < count; i++) singles += ends_with(files[i], ".json");
  for (int i = 0; i < count; i++) {
    size_t length = 0;
    char *bytes = read_file(&b->p, files[i], &length);
    if (bytes == NULL) die(files[i], "cannot be read");
    if (ends_with(files[i], ".json")) length = without_blanks(bytes, length);
    if (!ends_with(files[i], ".json"))
      read_session(b, bytes, length, class);
    else
      for (int k = 0; k < REPEATED / singles; k++) add_line(b, (line){.what = IN, .bytes = bytes, .length = length});
  }
}

/* A handful of messages tells only what the first of each kind costs. Those of books stand in a row of numbers: once only. */
static void repeat_few(bench *b, const char *class) {
  size_t first = 0, messages = 0;
  if (class[0] == '\0' || strstr(class, "depth") != NULL || strstr(class, "\"book") != NULL ||
      strstr(class, "orderbook") != NULL)
    return;
  while (first < b->count && b->lines[first].what != IN) first++;
  for (size_t i = first; i < b->count; i++) messages += b->lines[i].what == IN;
  for (size_t i = first; messages > 0 && messages < REPEATED; i++) {
    if (b->lines[i].what != IN) continue;
    add_line(b, b->lines[i]);
    messages++;
  }
}

static void frame(buffer *out, const char *bytes, size_t length) {
  unsigned char head[10] = {0x81, 0};
  size_t size = 2;
  if (length < 126) {
    head[1] = (unsigned char)length;
  } else if (length < 65536) {
    head[1] = 126;
    size = 4;
  } else {
    head[1] = 127;
    size = 10;
  }
  for (size_t i = 2; i < size; i++) head[i] = (unsigned char)(length >> 8 * (size - 1 - i));
  buffer_add(out, (const char *)head, size);
  buffer_add(out, bytes, length);
}

static void make_segments(bench *b) {
  b->segments = malloc((b->count + 1) * sizeof *b->segments);
  b->peer = peer_messages_new();
  if (b->segments == NULL) die("memory", "out");
  for (size_t i = 0; i < b->count; i++) {
    const line *at = &b->lines[i];
    segment *last = b->segment_count == 0 ? NULL : &b->segments[b->segment_count - 1];
    if (at->what != IN || last == NULL || last->connection != at->connection) {
      last = &b->segments[b->segment_count++];
      *last = (segment){.before = at->what == IN ? NULL : at, .connection = at->connection, .frames = b->frames.length};
    }
    if (at->what != IN) continue;
    frame(&b->frames, at->bytes, at->length);
    peer_messages_add(b->peer, at->bytes, at->length);
    last->length = b->frames.length - last->frames;
    b->messages++;
  }
  if (b->messages == 0) die(b->exchange_name, "there is no such message");
}

/* --- The library --- */

static void on_event(void *user_data, const bourse_stream_event *event) {
  bench *b = user_data;
  b->events++;
  if (event->kind == BOURSE_STREAM_DATA) b->records += event->count;
  b->gaps += event->kind == BOURSE_STREAM_GAP;
}

static void fill_random(void *user_data, void *out, size_t size) {
  (void)user_data;
  memset(out, 7, size);
}

/* A connection past its handshake. */
static void open_protocol(bench *b) {
  static const bourse_allocator allocator = {NULL, own_allocate, own_reallocate, own_release};
  bourse__websocket_options options = {
      .random = {NULL, fill_random}, .message_size_max = 16 << 20, .output_size_max = 1 << 20};
  bourse__websocket_upgrade upgrade = {.host = "a", .host_length = 1, .path = "/", .path_length = 1};
  bourse__websocket_event event;
  char answer[200];
  size_t size;
  memset(&b->protocol, 0, sizeof b->protocol);
  bourse__websocket_init(&b->protocol, &allocator, &options);
  if (bourse__websocket_begin(&b->protocol, &upgrade) != BOURSE_OK) die("upgrade", "not begun");
  while (bourse__websocket_output(&b->protocol, &size) != NULL) bourse__websocket_sent(&b->protocol, size);
  int length = snprintf(answer, sizeof answer,
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: %s\r\n\r\n",
                        b->protocol.accept);
  memcpy(bourse__websocket_room(&b->protocol, &size), answer, (size_t)length);
  bourse__websocket_received(&b->protocol, (size_t)length);
  if (bourse__websocket_next(&b->protocol, &event) != BOURSE__WEBSOCKET_OPENED) die("upgrade", "refused");
  while (bourse__websocket_next(&b->protocol, &event) != BOURSE__WEBSOCKET_NOTHING) continue;
}

MEASURED void measured_ours(bench *b, const segment *at);
MEASURED size_t measured_simdjson(bench *b);

MEASURED void measured_ours(bench *b, const segment *at) {
  const char *from = b->frames.data + at->frames, *end = from + at->length;
  bourse__websocket_event event;
  while (from < end) {
    size_t size, left = (size_t)(end - from);
    uint8_t *room = bourse__websocket_room(&b->protocol, &size);
    if (size > left) size = left;
    if (size > READ_MAX) size = READ_MAX;
    memcpy(room, from, size);
    from += size;
    bourse__websocket_received(&b->protocol, size);
    while (bourse__websocket_next(&b->protocol, &event) == BOURSE_MESSAGE_TEXT) {
      if (b->done++ == b->messages / 2) b->at_half[0] = own_allocations, b->at_half[1] = mallocs;
      if (bourse_replay_message(b->replay, at->connection, event.bytes, event.length, 1) != BOURSE_OK)
        die(b->exchange_name, bourse_context_error(b->context)->message);
    }
  }
}

MEASURED size_t measured_simdjson(bench *b) { return peer_messages_parse(b->peer); }

static const char *symbol_of(const bench *b, const line *at) {
  static char symbol[64];
  const char *from = at->url == NULL ? NULL : strstr(at->url, "symbol=");
  if (from != NULL) {
    snprintf(symbol, sizeof symbol, "%.*s", (int)strcspn(from + 7, "&"), from + 7);
    return symbol;
  }
  for (size_t i = 0; i < b->count; i++) {
    const char *market = b->lines[i].what != IN ? NULL : memmem(b->lines[i].bytes, b->lines[i].length, "\"s\":\"", 5);
    if (market == NULL) continue;
    snprintf(symbol, sizeof symbol, "%.*s", (int)strcspn(market + 5, "\""), market + 5);
    return symbol;
  }
  return "";
}

static int is_of_a_book(const line *at) {
  static const char *const words[] = {"depthUpdate", "book\"",   "books\"", "book_snapshot",
                                      "orderbook.",  "/level2:", "l2_data"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (holds(at->bytes, at->length, words[i])) return 1;
  return 0;
}

/* A market that is first heard of late is no steady state: each message that is of no book was there before. */
static void warm_up(bench *b) {
  for (size_t i = 0; i < b->count; i++) {
    const line *at = &b->lines[i];
    if (at->what == OPEN) bourse_replay_open(b->replay, at->connection, at->url, 0);
    if (at->what != IN || is_of_a_book(at)) continue;
    bourse_replay_message(b->replay, at->connection, at->bytes, at->length, 1);
  }
}

/* A book with a gap is not kept until it was begun anew, which nobody does here: its messages are read, and no more. Says how
 * many were more than that, once. */
static void tell_gaps(bench *b) {
  bourse_replay_summary summary = {.struct_size = sizeof summary};
  if (b->gaps == 0 || b->told_gaps) return;
  b->told_gaps = 1;
  bourse_replay_summarize(b->replay, &summary);
  fprintf(stderr, "stream: %s: %llu gaps are in it: of its messages %llu changed a book\n", b->exchange_name,
          (unsigned long long)b->gaps, (unsigned long long)summary.book_updates);
}

/* Everything once; the time that what is measured took. */
static int64_t run(bench *b) {
  int64_t spent = 0;
  if (bourse_replay_new(&b->replay, b->exchange, on_event, b) != BOURSE_OK)
    die("replay", bourse_context_error(b->context)->message);
  open_protocol(b);
  if (b->warmed) warm_up(b);
  b->done = 0;
  for (size_t i = 0; i < b->segment_count; i++) {
    const segment *at = &b->segments[i];
    const line *before = at->before;
    if (before != NULL && before->what == OPEN && !b->warmed)
      bourse_replay_open(b->replay, before->connection, before->url, 0);
    if (before != NULL && before->what == OUT)
      bourse_replay_sent(b->replay, before->connection, before->bytes, before->length);
    if (before != NULL && before->what == REST)
      bourse_replay_snapshot(b->replay, before->connection, symbol_of(b, before), before->bytes, before->length, 1);
    int64_t begin = clock_ns();
    measured_ours(b, at);
    spent = (b->only_last ? 0 : spent) + clock_ns() - begin;
  }
  if (b->done != b->messages) die("frames", "not all messages came");
  tell_gaps(b);
  return spent;
}

static void end(bench *b) {
  bourse_replay_free(b->replay);
  bourse__websocket_free(&b->protocol);
}

static void set_up(bench *b, const char *exchange) {
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_options own = BOURSE_OPTIONS_INIT;
  char name[32];
  b->exchange_name = exchange;
  options.allocator = (bourse_allocator){NULL, own_allocate, own_reallocate, own_release};
  own.product = strchr(exchange, '-') != NULL ? BOURSE_PRODUCT_LINEAR : BOURSE_PRODUCT_SPOT;
  snprintf(name, sizeof name, "%.*s", (int)strcspn(exchange, "-"), exchange);
  if (bourse_context_new(&b->context, &options) != BOURSE_OK ||
      bourse_open(&b->exchange, b->context, name, &own) != BOURSE_OK)
    die(exchange, "cannot be opened");
}

static void tear_down(bench *b) {
  bourse_close(b->exchange);
  bourse_context_free(b->context);
  peer_messages_free(b->peer);
  free(b->segments);
  free(b->lines);
  buffer_free(&b->frames);
  pool_free(&b->p);
}

/* --- Ways to measure --- */

static int count(bench *b, const char *who) {
  if (strcmp(who, "ours") == 0) {
    run(b);
    end(b);
  } else if (measured_simdjson(b) != b->messages) {
    die("simdjson", "refuses a message");
  }
  return printf("%zu\n", b->messages) < 0;
}

static double time_ours(bench *b) {
  double times[ROUNDS];
  size_t runs = 1 + REPEATED / b->messages;
  for (int round = -1; round < ROUNDS; round++) {
    int64_t spent = 0;
    for (size_t i = 0; i < runs; i++) spent += run(b), end(b);
    if (round >= 0) times[round] = (double)spent / (double)(runs * b->messages);
  }
  return clock_median(times, ROUNDS);
}

static int time_all(bench *b) {
  double times[ROUNDS];
  for (int round = -1; round < ROUNDS; round++) {
    int64_t begin = clock_ns();
    measured_simdjson(b);
    if (round >= 0) times[round] = (double)(clock_ns() - begin) / (double)b->messages;
  }
  printf("ours %.1f\n", time_ours(b));
  return printf("simdjson %.1f\n", clock_median(times, ROUNDS)) < 0;
}

static int allocations(bench *b) {
  b->warmed = 1;
  run(b);
  printf("library %lu\nmalloc %lu\n", own_allocations - b->at_half[0], mallocs - b->at_half[1]);
  end(b);
  return 0;
}

/* Books of so many markets, each with a fetched state and then changes near its best prices, in turns. */
static void make_books(bench *b, unsigned books_count) {
  buffer text = {0};
  set_up(b, "binance");
  for (unsigned i = 0; i < books_count; i++) {
    text.length = 0;
    buffer_string(&text, "{\"lastUpdateId\":1000,\"bids\":[");
    for (int side = 0; side < 2; side++) {
      for (int k = 0; k < BOOK_LEVELS; k++) {
        char level[80];
        snprintf(level, sizeof level, "%s[\"%d.%04d\",\"%d.50000\"]", k > 0 ? "," : "",
                 side == 0 ? 99 - k / 10 : 100 + k / 10, side == 0 ? 9999 - k : k, k + 1);
        buffer_string(&text, level);
      }
      buffer_string(&text, side == 0 ? "],\"asks\":[" : "]}");
    }
    line whole = {.what = REST, .url = pool_format(&b->p, "?symbol=M%04uUSDT", i), .length = text.length};
    whole.bytes = pool_copy(&b->p, text.data, text.length);
    line first = {.what = IN};
    first.bytes = pool_format(
        &b->p,
        "{\"e\":\"depthUpdate\",\"E\":1700000000000,\"s\":\"M%04uUSDT\",\"U\":1000,\"u\":1000,\"b\":[],\"a\":[]}", i);
    first.length = strlen(first.bytes);
    add_line(b, first);
    add_line(b, whole);
  }
  b->only_last = 1;
  add_line(b, (line){.what = OUT, .bytes = "", .length = 0});
  for (unsigned n = 0; n < BOOK_MESSAGES; n++) {
    unsigned i = n * 7919 % books_count, turn = n / books_count;
    line change = {.what = IN};
    change.bytes = pool_format(
        &b->p,
        "{\"e\":\"depthUpdate\",\"E\":1700000000000,\"s\":\"M%04uUSDT\",\"U\":%u,\"u\":%u,"
        "\"b\":[[\"99.%04u\",\"%u.25000\"],[\"99.%04u\",\"3.00000\"]],\"a\":[[\"100.%04u\",\"%u.75000\"]]}",
        i, 1001 + turn, 1001 + turn, 9999 - turn % 8, turn % 90 + 1, 9990 - turn % 5, turn % 9, turn % 70 + 1);
    change.length = strlen(change.bytes);
    add_line(b, change);
  }
  buffer_free(&text);
  make_segments(b);
}

/* Of each number of books in turns, so that what else the machine does falls on all. */
static int books(int kinds, char **counts) {
  enum { MOST = 4 };
  bench of[MOST];
  double times[MOST][ROUNDS];
  memset(of, 0, sizeof of);
  if (kinds > MOST) kinds = MOST;
  for (int k = 0; k < kinds; k++) make_books(&of[k], (unsigned)strtoul(counts[k], NULL, 10));
  for (int round = 0; round < ROUNDS; round++)
    for (int k = 0; k < kinds; k++) {
      int64_t spent = run(&of[k]);
      end(&of[k]);
      times[k][round] = (double)spent / BOOK_MESSAGES;
    }
  for (int k = 0; k < kinds; k++) {
    printf("%s %.1f\n", counts[k], clock_median(times[k], ROUNDS));
    tear_down(&of[k]);
  }
  return 0;
}

int main(int argc, char **argv) {
  const char *how = argc > 1 ? argv[1] : "";
  bench b = {0};
  int first = strcmp(how, "count") == 0 ? 3 : 2;
  if (strcmp(how, "books") == 0 && argc > 2) return books(argc - 2, argv + 2);
  if (argc < first + 3) {
    fprintf(stderr, "usage: stream count WHO|time|allocations EXCHANGE CLASS FILE... | books COUNT...\n");
    return 2;
  }
  set_up(&b, argv[first]);
  read_files(&b, argv[first + 1], argv + first + 2, argc - first - 2);
  repeat_few(&b, argv[first + 1]);
  make_segments(&b);
  int status = first == 3 ? count(&b, argv[2]) : strcmp(how, "time") == 0 ? time_all(&b) : allocations(&b);
  tear_down(&b);
  return status;
}
