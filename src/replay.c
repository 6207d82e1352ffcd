/* replay.c - bourse replay: recorded messages through the same code as live ones, by the recorded clock. No network. */
#include "cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* On which connection a book's messages come, so that what was fetched for it goes there. */
typedef struct book_place {
  char *symbol;
  int32_t connection;
} book_place;

/* A fetched book that does not say which one it is, and came before the only one there is. */
typedef struct kept_book {
  char *bytes;
  size_t length;
  int64_t time_ns;
} kept_book;

typedef struct replaying {
  const cli_options *options;
  cli_session session;
  bourse_transport transport;
  bourse_replay *replay;
  cli_show *show;
  cli_recording *recording;
  book_place *books; /* of the file in hand */
  uint32_t book_count;
  kept_book kept;
  int32_t base;       /* connections of the file in hand have numbers from here */
  int32_t last;       /* highest number so far */
  int32_t connection; /* of the line in hand, or the one before */
  uint64_t lines;
  uint64_t undecoded; /* besides the messages: fetched books */
} replaying;

/* --- No network --- */

static int32_t refuse(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  bourse_http_reply reply = {.struct_size = sizeof reply};
  (void)user_data;
  (void)request;
  reply.error = BOURSE_ERROR_CANCELED;
  reply.sent = BOURSE_NO;
  reply.error_text = "a replay sends nothing";
  bourse_transport_complete(token, &reply);
  return BOURSE_OK;
}

static void cancel(void *user_data, bourse_exchange_token *token) {
  (void)user_data;
  (void)token;
}

static int open_session(replaying *r, const char *exchange) {
  r->transport.struct_size = sizeof r->transport;
  r->transport.api_version = BOURSE_API_VERSION;
  r->transport.send = refuse;
  r->transport.cancel = cancel;
  r->session.transport = &r->transport;
  r->session.fixed_clock = 1;
  int code = cli_open(&r->session, r->options, exchange, CLI_NO_KEYS);
  return code == CLI_OK ? cli_load_markets(&r->session, r->options) : code;
}

/* --- Books that were fetched meanwhile --- */

static book_place *place_of(replaying *r, const char *symbol) {
  for (uint32_t i = 0; i < r->book_count; i++)
    if (strcmp(r->books[i].symbol, symbol) == 0) return &r->books[i];
  return NULL;
}

static void forget_books(replaying *r) {
  for (uint32_t i = 0; i < r->book_count; i++) free(r->books[i].symbol);
  r->book_count = 0;
  free(r->kept.bytes);
  memset(&r->kept, 0, sizeof r->kept);
}

static void learn_book(replaying *r, const char *symbol) {
  book_place *known = place_of(r, symbol);
  if (known == NULL) {
    r->books = cli_grow(r->books, (r->book_count + 1) * sizeof *r->books);
    known = &r->books[r->book_count++];
    known->symbol = cli_copy(symbol);
  }
  known->connection = r->connection;
}

static void on_event(void *user_data, const bourse_stream_event *event) {
  replaying *r = user_data;
  if (event->operation == BOURSE_OP_WATCH_ORDER_BOOK && event->symbol != NULL) learn_book(r, event->symbol);
  cli_show_event(r->show, event, cli_recording_place(r->recording));
}

static void give_book(replaying *r, int32_t connection, const char *symbol, const char *bytes, size_t length,
                      int64_t time_ns) {
  if (bourse_replay_snapshot(r->replay, connection, symbol, bytes, length, time_ns) == BOURSE_OK) return;
  r->undecoded++;
  cli_show_undecoded(r->show, bourse_context_error(r->session.context), cli_recording_place(r->recording));
}

/* The market that a URL's query asks for, whatever the exchange calls it; NULL: none. */
static char *market_of(const char *url) {
  static const char *const names[] = {"symbol", "pair", "instId", "product_id", "market", "instrument", "contract"};
  const char *at = url != NULL ? strchr(url, '?') : NULL;
  while (at != NULL && at[1] != '\0') {
    const char *pair = at + 1;
    size_t length = strcspn(pair, "&#"), name = strcspn(pair, "=&#");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
      if (strlen(names[i]) == name && name + 1 < length && strncmp(pair, names[i], name) == 0)
        return cli_copy_bytes(pair + name + 1, length - name - 1);
    at = pair[length] == '&' ? pair + length : NULL;
  }
  return NULL;
}

/* The book that the exchange calls `id`, under the name it has here; NULL: no message has been about it yet. */
static const book_place *book_called(replaying *r, const char *id) {
  const book_place *known = place_of(r, id);
  for (int32_t product = BOURSE_PRODUCT_SPOT; known == NULL && product <= BOURSE_PRODUCT_OPTION; product++) {
    const bourse_market *market = NULL;
    if (bourse_market_find(&market, r->session.exchange, id, product) == BOURSE_OK) known = place_of(r, market->symbol);
  }
  return known;
}

static int holds(const char *bytes, size_t length, const char *text) {
  size_t size = strlen(text);
  for (size_t i = 0; i + size <= length; i++)
    if (memcmp(bytes + i, text, size) == 0) return 1;
  return 0;
}

static void take_fetched(replaying *r, const cli_line *line) {
  if (!holds(line->message, line->length, "\"bids\"") || !holds(line->message, line->length, "\"asks\"")) return;
  char *id = market_of(line->url);
  const book_place *book = id != NULL ? book_called(r, id) : r->book_count == 1 ? &r->books[0] : NULL;
  if (id != NULL || book != NULL) {
    int32_t connection = line->has_connection || book == NULL ? r->connection : book->connection;
    give_book(r, connection, id != NULL ? id : book->symbol, line->message, line->length, line->time_ns);
  } else if (r->book_count == 0) {
    free(r->kept.bytes);
    r->kept.bytes = cli_copy_bytes(line->message, line->length);
    r->kept.length = line->length;
    r->kept.time_ns = line->time_ns;
  } else {
    cli_warn("%s: which book was fetched is not recorded: there is no URL, and there are %u books",
             cli_recording_place(r->recording), r->book_count);
  }
  free(id);
}

/* The kept book belongs to the first one that messages name. */
static void give_kept(replaying *r) {
  if (r->kept.bytes == NULL || r->book_count == 0) return;
  kept_book kept = r->kept;
  memset(&r->kept, 0, sizeof r->kept);
  give_book(r, r->books[0].connection, r->books[0].symbol, kept.bytes, kept.length, kept.time_ns);
  free(kept.bytes);
}

/* --- Lines --- */

static void take_message(replaying *r, const cli_line *line) {
  if (bourse_replay_message(r->replay, r->connection, line->message, line->length, line->time_ns) != BOURSE_OK)
    cli_show_undecoded(r->show, bourse_context_error(r->session.context), cli_recording_place(r->recording));
  give_kept(r);
}

static int take_line(replaying *r, const cli_line *line) {
  if (line->has_connection) {
    if (line->connection > INT32_MAX - r->base)
      return cli_fail(CLI_USAGE, "%s: conn is too large", cli_recording_place(r->recording));
    r->connection = r->base + line->connection;
  }
  if (r->connection > r->last) r->last = r->connection;
  if (line->time_ns > r->session.now_ns) r->session.now_ns = line->time_ns;
  r->lines++;
  int32_t code = BOURSE_OK;
  switch (line->dir) {
    case CLI_LINE_OPEN: code = bourse_replay_open(r->replay, r->connection, line->url, r->options->product); break;
    case CLI_LINE_OUT: code = bourse_replay_sent(r->replay, r->connection, line->message, line->length); break;
    case CLI_LINE_REST: take_fetched(r, line); break;
    case CLI_LINE_IN: take_message(r, line); break;
    default: break;
  }
  if (code != BOURSE_OK) return cli_report(r->options, bourse_context_error(r->session.context), NULL);
  if (ferror(stdout)) return CLI_LOCAL;
  return CLI_OK;
}

static int take_file(replaying *r, const char *path) {
  cli_line line;
  int more = 1;
  uint64_t before = r->lines;
  r->base = r->connection = r->lines > 0 ? r->last + 1 : 0;
  r->session.now_ns = 0;
  int code = cli_recording_open(&r->recording, path);
  while (code == CLI_OK && more) {
    code = cli_recording_next(r->recording, &line, &more);
    if (code == CLI_OK && more) code = take_line(r, &line);
  }
  if (code == CLI_OK && r->lines == before) code = cli_fail(CLI_USAGE, "%s: the recording is empty", path);
  forget_books(r);
  cli_recording_close(r->recording);
  r->recording = NULL;
  return code;
}

/* --- The end --- */

static int summarize(const replaying *r) {
  bourse_replay_summary summary = {.struct_size = sizeof summary};
  bourse_replay_summarize(r->replay, &summary);
  uint64_t undecoded = summary.undecoded + r->undecoded;
  fflush(stdout);
  fprintf(stderr,
          "%" PRIu64 " messages, %" PRIu64 " records, %" PRIu64 " book updates, %" PRIu64 " quiet, %" PRIu64
          " gaps, %" PRIu64 " checksum failures, %" PRIu64 " undecoded\n",
          summary.messages, summary.records, summary.book_updates, summary.quiet, summary.gaps,
          summary.checksum_failures, undecoded);
  return summary.gaps + summary.checksum_failures + undecoded > 0 ? CLI_UNPROVEN : CLI_OK;
}

int cli_replay(const cli_options *options, const char *const *words, uint32_t count) {
  replaying r = {.options = options};
  if (count < 1)
    return cli_fail(CLI_USAGE,
                    "replay: which exchange? \"bourse exchanges\" lists them, \"bourse help replay\" shows the form");
  if (count < 2) return cli_fail(CLI_USAGE, "replay: which file? \"bourse help replay\" shows the form");
  if (options->format == CLI_CSV || options->columns != NULL)
    return cli_fail(CLI_USAGE, "replay: events of all kinds have no columns in common: lines or --json only");
  int code = open_session(&r, words[0]);
  if (code == CLI_OK && bourse_replay_new(&r.replay, r.session.exchange, on_event, &r) != BOURSE_OK)
    code = cli_report(options, bourse_context_error(r.session.context), NULL);
  if (code == CLI_OK) {
    r.show = cli_show_new(options, NULL, words[0], 0);
    for (uint32_t i = 1; i < count && code == CLI_OK; i++) code = take_file(&r, words[i]);
    int found = r.lines > 0 ? summarize(&r) : CLI_OK;
    if (code == CLI_OK) code = found;
  }
  bourse_replay_free(r.replay);
  cli_show_free(r.show);
  cli_close(&r.session);
  free(r.books);
  return code;
}
