/* 08_several_exchanges.c - best bid and ask of one market at several exchanges, in one poll loop, and where it is bid
 * highest and offered lowest. Usage: 08_several_exchanges [SYMBOL [EXCHANGE[=URL] ...]]; ends after twenty quotes.
 *
 * One context drives all of it: one descriptor, one timeout, whatever the number of exchanges and connections. */
#include <bourse.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define PLACES 8
#define QUOTES 20

/* What is known of one exchange. */
typedef struct place {
  char name[32];
  bourse_exchange *exchange;
  bourse_stream *stream; /* NULL: it has no such stream */
  bourse_decimal bid, ask;
} place;

static place places[PLACES];
static int place_count, quotes, closed;

static int32_t open_place(bourse_context *context, const char *word, const char *symbol) {
  place *at = &places[place_count];
  const char *url = strchr(word, '=');
  const bourse_param host = {"*", url != NULL ? url + 1 : "", 0, 0};
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_WATCH_BIDS_ASKS);
  options.hosts = &host;
  options.host_count = url != NULL;
  snprintf(at->name, sizeof at->name, "%.*s", (int)strcspn(word, "="), word);
  int32_t code = bourse_open(&at->exchange, context, at->name, &options);
  if (code != BOURSE_OK) return code;
  place_count++;
  request.symbol = symbol;
  code = bourse_watch(&at->stream, at->exchange, &request, NULL);
  if (code != BOURSE_ERROR_UNSUPPORTED) return code;
  printf("%s has no live quotes\n", at->name);
  return BOURSE_OK;
}

static void print_best(void) {
  char bid[BOURSE_DECIMAL_TEXT_SIZE], ask[BOURSE_DECIMAL_TEXT_SIZE];
  const place *highest = NULL, *lowest = NULL;
  for (int i = 0; i < place_count; i++) {
    const place *at = &places[i];
    if (!bourse_decimal_is_present(&at->bid) || !bourse_decimal_is_present(&at->ask)) continue;
    if (highest == NULL || bourse_decimal_compare(&at->bid, &highest->bid) > 0) highest = at;
    if (lowest == NULL || bourse_decimal_compare(&at->ask, &lowest->ask) < 0) lowest = at;
  }
  if (highest == NULL || lowest == NULL) return;
  bourse_decimal_format(bid, sizeof bid, &highest->bid);
  bourse_decimal_format(ask, sizeof ask, &lowest->ask);
  printf("bid %s at %s, offered %s at %s\n", bid, highest->name, ask, lowest->name);
}

static void take(const bourse_stream_event *event) {
  place *at = places;
  while (at->stream != event->stream) at++;
  if (event->kind == BOURSE_STREAM_ERROR) fprintf(stderr, "%s: %s\n", at->name, event->error->message);
  if (event->kind == BOURSE_STREAM_STATE && event->state != BOURSE_STREAM_LIVE) {
    memset(&at->bid, 0, sizeof at->bid); /* absent: only what is live is known to be true */
    memset(&at->ask, 0, sizeof at->ask);
    closed += event->symbol == NULL && event->state == BOURSE_STREAM_CLOSED;
  }
  if (event->kind != BOURSE_STREAM_DATA) return;
  const bourse_ticker *quote = bourse_stream_event_record(event, 0);
  at->bid = quote->bid;
  at->ask = quote->ask;
  quotes++;
  print_best();
}

static int32_t run_loop(bourse_context *context) {
  int live = 0;
  for (int i = 0; i < place_count; i++) live += places[i].stream != NULL;
  while (quotes < QUOTES && closed < live) {
    bourse_stream *stream;
    struct pollfd watched = {bourse_fd(context), POLLIN, 0}; /* a host's own descriptors would stand beside it */
    int64_t wait = bourse_timeout_ms(context);
    if (poll(&watched, 1, wait > INT_MAX ? INT_MAX : (int)wait) < 0 && errno != EINTR) return BOURSE_ERROR_IO;
    int32_t code = bourse_run(context, 0);
    if (code < 0) return code;
    while ((stream = bourse_stream_ready(context)) != NULL) {
      bourse_stream_event event = BOURSE_STREAM_EVENT_INIT;
      if (bourse_stream_next(stream, &event) > 0) take(&event);
    }
  }
  return BOURSE_OK;
}

int main(int argc, char **argv) {
  static const char *const usual[] = {"binance", "kraken", "paper"};
  const char *symbol = argc > 1 ? argv[1] : "BTC/USDT";
  bourse_context *context = NULL;
  int32_t code = bourse_context_new(&context, NULL);
  int count = argc > 2 ? argc - 2 : 3;
  for (int i = 0; code == BOURSE_OK && i < count && i < PLACES; i++)
    code = open_place(context, argc > 2 ? argv[i + 2] : usual[i], symbol);
  if (code == BOURSE_OK) code = run_loop(context);
  if (code != BOURSE_OK) fprintf(stderr, "%s: %s\n", bourse_error_name(code), bourse_context_error(context)->message);
  for (int i = 0; i < place_count; i++) {
    bourse_stream_close(places[i].stream);
    bourse_close(places[i].exchange);
  }
  bourse_context_free(context);
  return code != BOURSE_OK;
}
