/* api/replay.c - recorded messages through the same links, topics and books as live ones. Nothing is sent; topics come into
 * being as messages name them. */
#include <bourse/sys/replay.h>

#include <string.h>

#include "api/streaming.h"

typedef struct replay_link {
  struct replay_link *next;
  bourse__link *link;
  int32_t number;
  int32_t tried; /* the connection's kind is not known: this is one that is tried */
} replay_link;

struct bourse_replay {
  bourse_context *context;
  bourse_exchange *exchange; /* NULL once closed */
  bourse_allocator allocator;
  void (*on_event)(void *user_data, const bourse_stream_event *event);
  void *user_data;
  replay_link *links;
  bourse_stream *streams[BOURSE_OP_WATCH_POSITIONS - BOURSE_OP_WATCH_TICKER + 1];
  bourse_replay_summary summary;
  uint64_t told; /* records and such, to see whether a message told anything */
};

static void on_event(void *user_data, const bourse_stream_event *event) {
  bourse_replay *replay = user_data;
  if (event->kind == BOURSE_STREAM_GAP) {
    replay->summary.gaps++;
    if (event->gap_kind == BOURSE_GAP_CHECKSUM) replay->summary.checksum_failures++;
  }
  if (replay->on_event != NULL) {
    bourse_stream_event own = *event;
    own.user_data = replay->user_data;
    replay->on_event(replay->user_data, &own);
  }
}

int32_t bourse_replay_new(bourse_replay **out, bourse_exchange *exchange,
                          void (*callback)(void *user_data, const bourse_stream_event *event), void *user_data) {
  if (out != NULL) *out = NULL;
  if (out == NULL || exchange == NULL) return BOURSE_ERROR_ARGUMENT;
  if (exchange->context == NULL) return BOURSE_ERROR_STATE;
  if (exchange->adapter->stream == NULL)
    return bourse__failure_set(&exchange->context->failure, BOURSE_ERROR_UNSUPPORTED, NULL, "%s has no streams",
                               exchange->adapter->title);
  bourse_replay *replay = bourse__alloc(&exchange->allocator, sizeof *replay);
  if (replay == NULL)
    return bourse__failure_set(&exchange->context->failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  replay->context = exchange->context;
  replay->exchange = exchange;
  replay->allocator = exchange->allocator;
  replay->on_event = callback;
  replay->user_data = user_data;
  *out = replay;
  return BOURSE_OK;
}

void bourse__replay_forget(bourse_replay *replay, const bourse__link *link) {
  for (replay_link **at = &replay->links; *at != NULL; at = &(*at)->next)
    if ((*at)->link == link) {
      replay_link *each = *at;
      *at = each->next;
      bourse__release(&replay->allocator, each);
      break;
    }
  replay->exchange = NULL;
}

static void drop_links(bourse_replay *replay, int32_t number, int32_t all) {
  for (replay_link **at = &replay->links; *at != NULL;) {
    replay_link *each = *at;
    if (!all && each->number != number) {
      at = &each->next;
      continue;
    }
    *at = each->next;
    for (bourse__topic *topic = each->link->first; topic != NULL; topic = topic->next)
      for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic) {
        sub->topic = NULL;
        if (!sub->dead) sub->stream->state_counts[sub->state]--;
        sub->dead = 1;
      }
    bourse__link_kill(each->link);
    bourse__release(&replay->allocator, each);
  }
}

void bourse_replay_free(bourse_replay *replay) {
  if (replay == NULL) return;
  if (replay->exchange != NULL) {
    bourse__streams_enter(replay->context);
    drop_links(replay, 0, 1);
    bourse__streams_exit(replay->context);
    for (size_t i = 0; i < sizeof replay->streams / sizeof replay->streams[0]; i++)
      bourse_stream_close(replay->streams[i]);
  } else {
    for (size_t i = 0; i < sizeof replay->streams / sizeof replay->streams[0]; i++)
      bourse_stream_close(replay->streams[i]);
  }
  bourse__release(&replay->allocator, replay);
}

/* --- Connections --- */

static uint32_t product_bit(int32_t product) {
  bourse_call call = {.product = product};
  return product == BOURSE_PRODUCT_SPOT ? BOURSE_FOR_SPOT | BOURSE_FOR_MARGIN : bourse_call_for(&call);
}

/* Length of "scheme://host", and whether two URLs have the same host, whatever scheme and port. */
static int32_t same_host(const char *a, const char *b) {
  const char *host_a = strstr(a, "://"), *host_b = strstr(b, "://");
  if (host_a == NULL || host_b == NULL) return 0;
  size_t length_a = strcspn(host_a + 3, ":/?"), length_b = strcspn(host_b + 3, ":/?");
  return length_a == length_b && strncmp(host_a + 3, host_b + 3, length_a) == 0;
}

static int32_t is_host(const bourse_exchange *exchange, uint32_t index, const char *url) {
  const bourse_host *host = &exchange->adapter->hosts[index];
  const char *known[4] = {host->live, host->testnet, host->demo, exchange->hosts[index]};
  for (size_t i = 0; i < 4; i++)
    if (known[i] != NULL && same_host(known[i], url)) return 1;
  return 0;
}

/* How well a kind of connection fits a URL; 0: not at all. */
static size_t fit(const bourse_exchange *exchange, const bourse_socket *socket, const char *url) {
  if (!is_host(exchange, socket->host, url)) return 0;
  const char *host = strstr(url, "://") + 3, *path = host + strcspn(host, "/?");
  size_t length = strcspn(socket->path, "?");
  return strncmp(path, socket->path, length) == 0 ? 2 + length : 1;
}

static int32_t add_link(bourse_replay *replay, int32_t number, uint32_t socket, int32_t product, int32_t tried) {
  replay_link *each = bourse__alloc(&replay->allocator, sizeof *each);
  bourse__link *link = each == NULL ? NULL : bourse__link_new(replay->exchange, socket, product, 0, NULL);
  if (link == NULL) {
    bourse__release(&replay->allocator, each);
    return bourse__failure_set(&replay->context->failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  }
  link->replaying = 1;
  link->replay = replay;
  link->phase = BOURSE__LINK_READY;
  link->seen.lenient = BOURSE_YES;
  each->link = link;
  each->number = number;
  each->tried = tried;
  replay_link **at = &replay->links;
  while (*at != NULL) at = &(*at)->next;
  *at = each;
  return BOURSE_OK;
}

int32_t bourse_replay_open(bourse_replay *replay, int32_t number, const char *url, int32_t product) {
  if (replay == NULL) return BOURSE_ERROR_ARGUMENT;
  if (replay->exchange == NULL) return BOURSE_ERROR_STATE;
  const bourse_stream_adapter *stream = replay->exchange->adapter->stream;
  bourse__streams_enter(replay->context);
  drop_links(replay, number, 0);
  bourse__streams_exit(replay->context);
  if (product == 0) product = replay->exchange->product;
  size_t best = 0;
  uint32_t chosen = 0;
  for (uint32_t i = 0; url != NULL && i < stream->socket_count; i++) {
    size_t score = fit(replay->exchange, &stream->sockets[i], url) * 2;
    if (score > 0 && (stream->sockets[i].products & product_bit(product)) != 0) score++;
    if (score <= best) continue;
    best = score;
    chosen = i;
  }
  /* A host of other products says more than the handle's default. */
  if (best > 0 && (stream->sockets[chosen].products & product_bit(product)) == 0)
    for (product = BOURSE_PRODUCT_SPOT; (stream->sockets[chosen].products & product_bit(product)) == 0;) product++;
  if (best > 4) return add_link(replay, number, chosen, product, 0);
  for (uint32_t i = 0; i < stream->socket_count; i++) {
    if ((stream->sockets[i].products & product_bit(product)) == 0) continue;
    int32_t code = add_link(replay, number, i, product, 1);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}

static replay_link *first_link(bourse_replay *replay, int32_t number) {
  for (int32_t turn = 0; turn < 2; turn++) {
    for (replay_link *each = replay->links; each != NULL; each = each->next)
      if (each->number == number) return each;
    if (turn == 0 && bourse_replay_open(replay, number, NULL, 0) != BOURSE_OK) return NULL;
  }
  return NULL;
}

/* --- Messages --- */

/* What comes next on its connection is most likely for the same kind. */
static void move_first(bourse_replay *replay, replay_link *one) {
  replay_link **at = &replay->links;
  while (*at != one) at = &(*at)->next;
  *at = one->next;
  one->next = replay->links;
  replay->links = one;
}

int32_t bourse_replay_message(bourse_replay *replay, int32_t number, const char *bytes, size_t length,
                              int64_t received_ns) {
  if (replay == NULL || (bytes == NULL && length > 0)) return BOURSE_ERROR_ARGUMENT;
  if (replay->exchange == NULL) return BOURSE_ERROR_STATE;
  bourse_context *context = replay->context;
  if (context->failure.error.code != BOURSE_OK) bourse__failure_clear(&context->failure);
  if (first_link(replay, number) == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = BOURSE_ERROR_BAD_REPLY, before = context->running_loop;
  char trouble[160];
  trouble[0] = '\0';
  uint64_t told = replay->told;
  context->running_loop = 1;
  bourse__streams_enter(context);
  replay->summary.messages++;
  replay_link *taker = NULL;
  for (replay_link *each = replay->links; each != NULL && code != BOURSE_OK; each = each->next) {
    bourse__link *link = each->link;
    if (each->number != number || link->dead) continue;
    taker = each;
    link->seen.received_ns = received_ns;
    code = bourse__link_read(link, bytes, length);
    if (code != BOURSE_OK && trouble[0] == '\0') memcpy(trouble, link->trouble, sizeof trouble);
  }
  if (code != BOURSE_OK) replay->summary.undecoded++;
  if (code == BOURSE_OK && taker->tried && taker != replay->links) move_first(replay, taker);
  for (replay_link *each = replay->links; each != NULL && code != BOURSE_OK; each = each->next)
    if (each->number == number && !each->link->dead) bourse__topics_unread(each->link, bytes, length);
  if (code == BOURSE_OK && told == replay->told) replay->summary.quiet++;
  bourse__streams_exit(context);
  context->running_loop = before;
  if (code == BOURSE_OK) return code;
  return bourse__failure_set(&context->failure, BOURSE_ERROR_BAD_REPLY, NULL, "the message cannot be read: %s",
                             trouble[0] != '\0' ? trouble : "not of the documented form");
}

/* "depth":N of a recorded subscription, wherever it stands. */
int32_t bourse_replay_sent(bourse_replay *replay, int32_t number, const char *bytes, size_t length) {
  if (replay == NULL || (bytes == NULL && length > 0)) return BOURSE_ERROR_ARGUMENT;
  static const char key[] = "\"depth\"";
  for (size_t i = 0; i + sizeof key < length; i++) {
    if (memcmp(bytes + i, key, sizeof key - 1) != 0) continue;
    size_t at = i + sizeof key - 1;
    uint32_t depth = 0;
    while (at < length && (bytes[at] == ' ' || bytes[at] == ':')) at++;
    for (; at < length && bytes[at] >= '0' && bytes[at] <= '9' && depth < 100000; at++)
      depth = depth * 10 + (uint32_t)(bytes[at] - '0');
    for (replay_link *each = replay->links; each != NULL; each = each->next)
      if (each->number == number) each->link->replay_depth = depth;
    break;
  }
  return BOURSE_OK;
}

int32_t bourse_replay_snapshot(bourse_replay *replay, int32_t number, const char *symbol, const char *bytes,
                               size_t length, int64_t received_ns) {
  if (replay == NULL || symbol == NULL || (bytes == NULL && length > 0)) return BOURSE_ERROR_ARGUMENT;
  if (replay->exchange == NULL) return BOURSE_ERROR_STATE;
  replay_link *first = first_link(replay, number);
  if (first == NULL) return BOURSE_ERROR_MEMORY;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_ORDER_BOOK);
  bourse_result *result;
  request.symbol = symbol;
  request.product = first->link->seen.product;
  int32_t code = bourse_decode(&result, replay->exchange, &request, 200, NULL, 0, bytes, length);
  if (code != BOURSE_OK) return code;
  const bourse_order_book *book = bourse_result_order_book(result, 0);
  bourse_context *context = replay->context;
  int32_t before = context->running_loop;
  context->running_loop = 1;
  bourse__streams_enter(context);
  /* The channel whose books begin like this, on whichever of the connection's kinds has it. */
  for (replay_link *each = first; each != NULL && book != NULL; each = each->next) {
    if (each->number != number) continue;
    const bourse_stream_adapter *stream = replay->exchange->adapter->stream;
    for (uint32_t i = 0; i < stream->channel_count; i++) {
      const bourse_channel *channel = &stream->channels[i];
      if (channel->operation != BOURSE_OP_WATCH_ORDER_BOOK || channel->source != BOURSE_BOOK_FROM_REST ||
          &stream->sockets[channel->socket] != each->link->seen.socket ||
          (channel->products & product_bit(each->link->seen.product)) == 0)
        continue;
      bourse_slice id = {book->id != NULL ? book->id : symbol, strlen(book->id != NULL ? book->id : symbol)},
                   none = {"", 0};
      each->link->seen.received_ns = received_ns;
      bourse__link_prepare(each->link);
      bourse_topic *topic = bourse_link_topic(&each->link->seen, channel, id, none);
      bourse_book_update update = {.snapshot = BOURSE_YES,
                                   .bid_count = book->bid_count,
                                   .ask_count = book->ask_count,
                                   .time_ns = book->time_ns,
                                   .first = BOURSE_NO_SEQUENCE,
                                   .last = book->sequence,
                                   .previous = BOURSE_NO_SEQUENCE,
                                   .bids = book->bids,
                                   .asks = book->asks};
      if (topic != NULL) bourse__topic_book((bourse__topic *)topic, &update, 1);
      book = NULL;
      break;
    }
  }
  bourse__streams_exit(context);
  context->running_loop = before;
  bourse_result_free(result);
  return BOURSE_OK;
}

void bourse_replay_summarize(const bourse_replay *replay, bourse_replay_summary *out) {
  if (replay == NULL || out == NULL) return;
  uint32_t size = out->struct_size;
  if (size < sizeof(uint32_t) * 2 || size > sizeof *out) size = sizeof *out;
  memcpy(out, &replay->summary, size);
  out->struct_size = size;
}

/* --- What the links ask --- */

void bourse__replay_fill(bourse__link *link, bourse_topic *topic, uint32_t levels) {
  const bourse_stream_adapter *stream = link->seen.adapter->stream;
  const char *id = topic->id, *qualifier = topic->qualifier;
  bourse_request request = BOURSE_REQUEST_INIT(topic->operation);
  bourse_market unknown;
  bourse__failure failure;
  if (stream->topic == NULL) return;
  memset(&unknown, 0, sizeof unknown);
  unknown.id = unknown.symbol = unknown.base = unknown.quote = id;
  unknown.product = topic->product;
  request.limit = link->replay_depth != 0 ? link->replay_depth : levels;
  request.timeframe = "1m";
  bourse__failure_clear(&failure);
  bourse_watch_call call = {.adapter = link->seen.adapter,
                            .state = link->seen.state,
                            .request = &request,
                            .market = topic->market != NULL ? topic->market : &unknown,
                            .operation = topic->operation,
                            .product = topic->product,
                            .environment = link->seen.environment,
                            .arena = link->seen.arena,
                            .failure = &failure};
  const bourse_market *market = topic->market;
  stream->topic(&call, topic); /* what it makes of the id, and whether it likes the rest, does not matter here */
  topic->id = id;
  topic->qualifier = qualifier;
  topic->market = market;
}

void bourse__replay_measure(bourse__topic *topic, const bourse_book_update *update) {
  bourse__link *link = topic->link;
  uint32_t price_decimals = 0, amount_decimals = 0;
  int32_t known = topic->seen.market != NULL;
  if (known && link->replay_depth != 0) return;
  bourse__replay_fill(link, &topic->seen,
                      update->bid_count > update->ask_count ? update->bid_count : update->ask_count);
  topic->seen.name = "";
  if (known) {
    price_decimals = bourse__decimals_of(&topic->seen.market->price_tick);
    amount_decimals = bourse__decimals_of(&topic->seen.market->amount_step);
  }
  for (int32_t side = 0; side < 2 && !known; side++) {
    const bourse_level *levels = side == 0 ? update->bids : update->asks;
    for (uint32_t i = 0; i < (side == 0 ? update->bid_count : update->ask_count); i++) {
      uint32_t price = bourse__decimals_of(&levels[i].price), amount = bourse__decimals_of(&levels[i].amount);
      if (price > price_decimals) price_decimals = price;
      if (amount > amount_decimals) amount_decimals = amount;
    }
  }
  bourse__topic_make_keeper(topic, price_decimals, amount_decimals);
}

static bourse_stream *stream_of(bourse_replay *replay, int32_t operation) {
  size_t index = (size_t)(operation - BOURSE_OP_WATCH_TICKER);
  bourse_stream_options options = BOURSE_STREAM_OPTIONS_INIT;
  if (index >= sizeof replay->streams / sizeof replay->streams[0]) return NULL;
  options.on_event = on_event;
  options.user_data = replay;
  options.stale_after_ms = -1;
  if (replay->streams[index] == NULL)
    replay->streams[index] = bourse__stream_new(replay->exchange, bourse_schema_operation(operation), &options);
  return replay->streams[index];
}

void bourse__replay_adopt(bourse_replay *replay, bourse__topic *topic) {
  bourse_stream *stream = stream_of(replay, topic->seen.operation);
  const char *symbol = topic->seen.market != NULL  ? topic->seen.market->symbol
                       : topic->seen.id[0] != '\0' ? topic->seen.id
                                                   : NULL;
  if (stream == NULL) return;
  topic->phase = BOURSE__TOPIC_ACTIVE;
  topic->state = topic->keeper != NULL ? BOURSE_STREAM_SYNCING : BOURSE_STREAM_LIVE;
  if (topic->keeper != NULL) bourse__keeper_restart(topic->keeper);
  bourse__stream_add_sub(stream, topic, symbol);
}

void bourse__replay_count(bourse_replay *replay, int32_t kind, uint32_t count) {
  replay->told++;
  replay->summary.records += count;
  if (kind == BOURSE_KIND_ORDER_BOOK) replay->summary.book_updates++;
}
