/* api/link.c - links: connections that are made, logged in to, kept alive, renewed before their time is up, and made again
 * when they break. What is subscribed over them is in topics.c. */
#include <stdio.h>
#include <string.h>

#include "api/streaming.h"
#include "net/retry.h"

#define MS               INT64_C(1000000)
#define SECOND           (INT64_C(1000) * MS)
#define BACKOFF_BASE_NS  (500 * MS)
#define BACKOFF_CAP_NS   (60 * SECOND)
#define HANDSHAKE_MS     10000
#define LOGIN_NS         (10 * SECOND)
#define STABLE_NS        (30 * SECOND) /* a connection that lasted so long begins its backoff anew */
#define RETIRE_NS        (30 * SECOND) /* a connection being replaced lives on so long at most */
#define RENEW_EARLY_NS   (300 * SECOND)
#define MESSAGE_SIZE_MAX ((size_t)32 << 20)

static int64_t now_of(const bourse__link *link) { return bourse__loop_monotonic_ns(link->context->loop); }

/* --- Making and ending --- */

static void log_in(bourse__link *link);
static void on_wait(bourse__timer *timer);
static void on_tick(bourse__timer *timer);
static void on_pace(bourse__timer *timer);

bourse__link *bourse__link_new(bourse_exchange *exchange, uint32_t socket, int32_t product, int32_t margin_mode,
                               const char *symbol) {
  bourse__link *link = bourse__alloc(&exchange->allocator, sizeof *link);
  if (link == NULL) return NULL;
  link->context = exchange->context; /* whose allocator frees it */
  link->slot_mask = 15;
  link->slots = bourse__alloc(&exchange->allocator, (link->slot_mask + 1) * sizeof *link->slots);
  link->seen.arena = bourse__arena_new(&exchange->allocator, 16384);
  link->seen.symbol = bourse__duplicate(&exchange->allocator, symbol == NULL ? "" : symbol);
  if (link->slots == NULL || link->seen.arena == NULL || link->seen.symbol == NULL) {
    bourse__link_free(link);
    return NULL;
  }
  link->exchange = exchange;
  link->handle.link = link;
  link->number = ++exchange->context->last_link;
  link->wait = (bourse__timer){.callback = on_wait, .user_data = link};
  link->tick = (bourse__timer){.callback = on_tick, .user_data = link};
  link->pace = (bourse__timer){.callback = on_pace, .user_data = link};
  link->seen.adapter = exchange->adapter;
  link->seen.state = exchange->state;
  link->seen.socket = &exchange->adapter->stream->sockets[socket];
  link->seen.signer = exchange->signer;
  link->seen.api_key = exchange->api_key;
  link->seen.token = "";
  link->seen.product = product;
  link->seen.margin_mode = margin_mode;
  link->seen.environment = exchange->environment;
  link->seen.receive_window_ms = exchange->receive_window_ms;
  link->next = exchange->links;
  exchange->links = link;
  return link;
}

/* The parts may be missing. */
void bourse__link_free(bourse__link *link) {
  bourse_allocator allocator = link->seen.arena != NULL ? link->seen.arena->allocator : bourse__default_allocator;
  if (link->context != NULL) allocator = link->context->allocator;
  while (link->first != NULL) {
    bourse__topic *topic = link->first;
    bourse__topic_remove(topic);
    bourse__topic_free(topic);
  }
  bourse__release(&allocator, link->slots);
  bourse__arena_free(link->seen.arena);
  bourse__release(&allocator, (void *)(uintptr_t)link->seen.symbol);
  bourse__release(&allocator, link->token);
  bourse__release(&allocator, link);
}

static void disconnect(bourse__link *link) {
  bourse_context *context = link->context;
  bourse__timer_clear(context->loop, &link->wait);
  bourse__timer_clear(context->loop, &link->pace);
  bourse__timer_clear(context->loop, &link->tick);
  if (link->token_running != NULL) {
    bourse__running *running = link->token_running;
    link->token_running = NULL;
    running->owner = NULL;
    bourse__running_drop(running);
  }
  if (link->socket == NULL) return;
  void *socket = link->socket;
  link->socket = NULL;
  bourse__link_record(link, BOURSE_TRAFFIC_CLOSED, "", 0, NULL);
  context->transport.disconnect(context->transport.user_data, socket);
}

void bourse__link_kill(bourse__link *link) {
  if (link->dead) return;
  link->dead = 1;
  link->context->streams_dirty = 1;
  disconnect(link);
  link->phase = BOURSE__LINK_IDLE;
  bourse__socket_fail(link, BOURSE_ERROR_DISCONNECTED, "the connection was closed");
}

/* What a message leads to, such as a new subscription after a gap, is written beside what was read of it. */
static void prepare_at(bourse__link *link, int64_t now_ns) {
  link->seen.now_ns = now_ns;
  if (link->reading) return;
  bourse__arena_reset(link->seen.arena);
  link->trouble[0] = '\0';
}

void bourse__link_prepare(bourse__link *link) { prepare_at(link, bourse__exchange_now_ns(link->exchange)); }

static void prepare_message(bourse__link *link) {
  prepare_at(link, link->seen.received_ns + bourse__clock_offset_ns(&link->exchange->clock));
}

int32_t bourse__link_read(bourse__link *link, const char *bytes, size_t length) {
  prepare_message(link);
  link->reading = 1;
  int32_t code = link->seen.adapter->stream->receive(&link->seen, bytes, length);
  link->reading = 0;
  return code;
}

/* --- Finding --- */

static int32_t serves(const bourse__link *link, uint32_t socket, int32_t margin_mode, const char *isolated) {
  const bourse_stream_adapter *stream = link->seen.adapter->stream;
  if (link->dead || link->replaying || link->retire_ns != 0 || link->seen.socket != &stream->sockets[socket]) return 0;
  if ((link->seen.socket->flags & BOURSE_SOCKET_PRIVATE) == 0) return 1;
  return link->seen.margin_mode == margin_mode && strcmp(link->seen.symbol, isolated) == 0;
}

bourse__link *bourse__link_for(bourse_exchange *exchange, const bourse_channel *channel, const bourse_topic *topic,
                               const char *isolated) {
  for (bourse__link *link = exchange->links; link != NULL; link = link->next) {
    if (!serves(link, channel->socket, topic->margin_mode, isolated)) continue;
    const bourse__topic *known =
        bourse__topic_find(link, channel, topic->id, strlen(topic->id), topic->qualifier, strlen(topic->qualifier));
    if (known != NULL) {
      if (known->seen.depth == topic->depth && known->seen.native == topic->native) return link;
      continue; /* the same in messages, another subscription */
    }
    if (link->seen.socket->topics_max == 0 || link->topic_count < link->seen.socket->topics_max) return link;
  }
  return bourse__link_new(exchange, channel->socket, topic->product, topic->margin_mode, isolated);
}

bourse__link *bourse__link_for_requests(bourse_exchange *exchange, uint32_t socket, int32_t product) {
  const bourse_stream_adapter *stream = exchange->adapter->stream;
  bourse__link *found = NULL;
  for (bourse__link *link = exchange->links; link != NULL; link = link->next)
    if (!link->dead && !link->replaying && link->seen.socket == &stream->sockets[socket] &&
        (found == NULL || found->phase != BOURSE__LINK_READY || found->retire_ns != 0) &&
        !(found != NULL && found->phase == BOURSE__LINK_READY && link->phase != BOURSE__LINK_READY))
      found = link; /* ready before not ready, one that stays before one being replaced */
  if (found == NULL) found = bourse__link_new(exchange, socket, product, 0, NULL);
  return found;
}

/* --- Connecting --- */

static void pace_begin(bourse__pace *pace, int64_t interval_ns, int64_t now_ns) {
  if (pace->count == 0 || now_ns - pace->since_ns >= interval_ns) *pace = (bourse__pace){.since_ns = now_ns};
}

/* How long to wait before one more connection to this host may be made, whatever its kind. */
static int64_t connects_wait_ns(bourse__link *link) {
  const bourse_socket *socket = link->seen.socket;
  bourse__limits *limits = link->exchange->limits;
  int64_t now = now_of(link);
  if (limits == NULL || socket->connects_max == 0 || socket->host >= BOURSE__SOCKETS_MAX) return 0;
  bourse__pace *pace = &limits->connects[socket->host];
  pace_begin(pace, socket->connects_interval_ns, now);
  if (pace->count >= socket->connects_max) return pace->since_ns + socket->connects_interval_ns - now;
  pace->count++;
  return 0;
}

static void wait_then_start(bourse__link *link, int64_t wait_ns) {
  link->phase = BOURSE__LINK_WAITING;
  bourse__timer_set(link->context->loop, &link->wait, now_of(link) + wait_ns);
}

static const char *write_url(bourse__link *link) {
  const bourse_stream_adapter *stream = link->seen.adapter->stream;
  const char *base = link->exchange->hosts[link->seen.socket->host];
  bourse_text url;
  if (base == NULL) return NULL;
  bourse_text_init(&url, link->seen.arena);
  bourse_text_string(&url, base);
  if (stream->url == NULL)
    bourse_text_string(&url, link->seen.socket->path);
  else if (stream->url(&link->seen, &url) != BOURSE_OK)
    return NULL;
  return bourse_text_finish(&url);
}

static void refuse_all(bourse__link *link, int32_t code, const char *why) {
  bourse__failure failure;
  bourse__failure_clear(&failure);
  failure.error.exchange = link->seen.adapter->name;
  bourse__failure_set(&failure, code, NULL, "%s: %s", link->seen.socket->name, why);
  for (bourse__topic *topic = link->first, *next; topic != NULL; topic = next) {
    next = topic->next;
    bourse__topic_refused(topic, &failure);
  }
  bourse__socket_fail(link, code, why); /* orders that waited for it */
  bourse__link_kill(link);
}

static void connect_now(bourse__link *link) {
  bourse_context *context = link->context;
  int64_t wait = connects_wait_ns(link);
  if (wait > 0) {
    wait_then_start(link, wait);
    return;
  }
  bourse__link_prepare(link);
  memset(link->seen.memory, 0, sizeof link->seen.memory);
  memset(link->seen.scratch, 0, sizeof link->seen.scratch);
  const char *url = write_url(link);
  if (url == NULL) {
    refuse_all(link, BOURSE_ERROR_UNSUPPORTED, "there is no such host in this environment");
    return;
  }
  bourse_socket_request request = {
      .struct_size = sizeof request,
      .url = url,
      .timeout_ms = HANDSHAKE_MS,
      .message_size_max = MESSAGE_SIZE_MAX,
      .compress = (link->seen.socket->flags & BOURSE_SOCKET_COMPRESS) != 0,
  };
  link->phase = BOURSE__LINK_CONNECTING;
  link->sends.count = 0;
  link->opened_early = 0;
  bourse__link_record(link, BOURSE_TRAFFIC_OPENED, "", 0, url);
  void *socket = NULL;
  int32_t code = context->transport.connect(context->transport.user_data, &request, &link->handle, &socket);
  if (code == BOURSE_OK) {
    /* A transport may have opened, even closed it by now. */
    if (link->phase == BOURSE__LINK_WAITING || link->dead) return;
    link->socket = socket;
    if (link->opened_early) log_in(link);
    return;
  }
  bourse__link_broken(link, code, "the connection could not be started", 0);
}

static void on_token(bourse__running *running, int32_t code) {
  bourse__link *link = running->owner;
  if (link == NULL) return;
  bourse__streams_enter(link->context);
  link->token_running = NULL;
  if (link->extending) {
    link->extending = 0;
    if (code != BOURSE_OK) bourse__link_renew(link); /* the token may be gone */
  } else {
    const bourse_receipt *receipt = code == BOURSE_OK ? bourse_result_receipt(running->result, 0) : NULL;
    if (receipt != NULL && receipt->id != NULL) {
      bourse__release(&link->context->allocator, link->token);
      link->token = bourse__duplicate(&link->context->allocator, receipt->id);
    }
    if (receipt != NULL && receipt->id != NULL && link->token != NULL) {
      link->seen.token = link->token;
      link->extended_ns = now_of(link);
      connect_now(link);
    } else if (code <= -400 && code > -500 && code != BOURSE_ERROR_TIMESTAMP) {
      refuse_all(link, code, running->failure.message);
    } else if (code == BOURSE_ERROR_CREDENTIALS || code == BOURSE_ERROR_UNSUPPORTED || code == BOURSE_ERROR_ARGUMENT) {
      refuse_all(link, code, running->failure.message);
    } else {
      bourse__link_broken(link, code != BOURSE_OK ? code : BOURSE_ERROR_BAD_REPLY, "no token was to be had",
                          running->failure.error.retry_after_ms * MS);
    }
  }
  bourse__streams_exit(link->context);
}

static int32_t start_token(bourse__link *link, int32_t operation) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  bourse__running *running;
  request.product = link->seen.product;
  request.margin_mode = link->seen.margin_mode;
  if (operation == BOURSE_OP_EXTEND_STREAM_TOKEN)
    request.id = link->token;
  else if (link->seen.symbol[0] != '\0')
    request.symbol = link->seen.symbol;
  if ((link->seen.socket->flags & BOURSE_SOCKET_PRIVATE) == 0) request.is_public = BOURSE_YES;
  bourse__failure failure;
  bourse__failure_clear(&failure);
  int32_t code = bourse__running_new(&running, link->exchange, &request, 1, &failure);
  if (code != BOURSE_OK) return code;
  running->done = on_token;
  running->owner = link;
  link->token_running = running;
  bourse__running_advance(running);
  return BOURSE_OK;
}

static void on_clock(bourse__running *running, int32_t code) {
  bourse__link *link = running->owner;
  (void)code; /* unmeasured, our own clock must do */
  bourse__streams_enter(link->context);
  link->token_running = NULL;
  link->phase = BOURSE__LINK_IDLE;
  bourse__link_start(link);
  bourse__streams_exit(link->context);
}

/* What is signed carries a time: 1 when the exchange's clock is asked for first. */
static int32_t measure_clock(bourse__link *link) {
  bourse_exchange *exchange = link->exchange;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TIME);
  bourse__running *running;
  bourse__failure ignored;
  if ((link->seen.socket->flags & BOURSE_SOCKET_PRIVATE) == 0 || exchange->clock_sync == BOURSE_NO ||
      exchange->adapter->timeless > 0 || bourse__clock_offset_count(&exchange->clock) > 0 ||
      exchange->clock_tried_ns != 0 || !bourse_supports(exchange, BOURSE_OP_FETCH_TIME, 0, 0))
    return 0;
  request.product = link->seen.product;
  bourse__failure_clear(&ignored);
  exchange->clock_tried_ns = now_of(link);
  if (bourse__running_new(&running, exchange, &request, 1, &ignored) != BOURSE_OK) return 0;
  running->done = on_clock;
  running->owner = link;
  link->token_running = running;
  link->phase = BOURSE__LINK_TOKEN;
  bourse__running_advance(running);
  return 1;
}

void bourse__link_forget_clock(bourse__link *link) {
  bourse__clock_offset_reset(&link->exchange->clock);
  link->exchange->clock_tried_ns = 0;
}

int32_t bourse__link_judge(bourse__link *link, int32_t code) {
  if (code != BOURSE_ERROR_AUTH || !link->with_token || link->doubted || link->exchange->clock_sync == BOURSE_NO)
    return code;
  link->doubted = 1;
  return BOURSE_ERROR_TIMESTAMP;
}

void bourse__link_start(bourse__link *link) {
  if (link->dead || link->replaying || (link->phase != BOURSE__LINK_IDLE && link->phase != BOURSE__LINK_WAITING))
    return;
  bourse__timer_clear(link->context->loop, &link->wait);
  if (measure_clock(link)) return;
  if ((link->seen.socket->flags & BOURSE_SOCKET_TOKEN) == 0) {
    connect_now(link);
    return;
  }
  link->phase = BOURSE__LINK_TOKEN;
  if (link->token_running != NULL) return;
  int32_t code = start_token(link, BOURSE_OP_FETCH_STREAM_TOKEN);
  if (code != BOURSE_OK) bourse__link_broken(link, code, "no token could be asked for", 0);
}

static void on_wait(bourse__timer *timer) {
  bourse__link *link = timer->user_data;
  bourse__streams_enter(link->context);
  bourse__link_start(link);
  bourse__streams_exit(link->context);
}

/* --- Breaking --- */

static void lose_topics(bourse__link *link) {
  int64_t now = bourse__loop_now_ns(link->context->loop);
  for (bourse__topic *topic = link->first, *next; topic != NULL; topic = next) {
    next = topic->next;
    if (topic->phase == BOURSE__TOPIC_LEAVING && !topic->resubscribe) {
      topic->dead = 1;
      link->context->streams_dirty = 1;
      continue;
    }
    topic->resubscribe = 0;
    bourse__topic_lost(topic, now);
  }
}

/* The new connection is ready: all topics move over. Until each is subscribed there, the old one goes on serving it. */
static void take_over(bourse__link *old, bourse__link *twin) {
  while (old->first != NULL) {
    bourse__topic *topic = old->first;
    bourse__topic_remove(topic);
    if (topic->phase == BOURSE__TOPIC_LEAVING && !topic->resubscribe) {
      bourse__topic_free(topic);
      continue;
    }
    if (!bourse__topic_insert(twin, topic)) {
      bourse__topic_insert(old, topic); /* memory is out: it stays, and dies with the old connection's end */
      return;
    }
    topic->phase = BOURSE__TOPIC_WANTED;
    topic->resubscribe = 0;
    topic->asked_ns = 0;
    bourse__known_watch(topic);
  }
}

int64_t bourse__streams_backoff_ns(const bourse_context *context, uint32_t attempt, int64_t at_least_ns) {
  return bourse__retry_delay_ns(attempt, BACKOFF_BASE_NS, BACKOFF_CAP_NS, at_least_ns, &context->random);
}

void bourse__link_broken(bourse__link *link, int32_t code, const char *why, int64_t at_least_ns) {
  bourse_context *context = link->context;
  if (link->dead) return;
  int64_t now = now_of(link);
  if (link->phase == BOURSE__LINK_READY && now - link->opened_ns > STABLE_NS) link->attempt = 0;
  disconnect(link);
  link->extending = 0;
  link->phase = BOURSE__LINK_IDLE;
  context->metrics[BOURSE__METRIC_SOCKETS_BROKEN]++;
  bourse__log_write(&context->log, BOURSE_LOG_INFO, "%s: %s: %s (%s); connecting again", link->seen.adapter->name,
                    link->seen.socket->name, why, bourse_error_name(code));
  bourse__socket_fail(link, code == BOURSE_OK ? BOURSE_ERROR_DISCONNECTED : code, why);
  if (link->dead) return;
  if (link->retire_ns != 0 && link->successor != NULL) {
    lose_topics(link);
    take_over(link, link->successor);
  }
  if (link->topic_count == 0) {
    bourse__link_kill(link);
    return;
  }
  link->retire_ns = 0; /* nobody has taken its place */
  wait_then_start(link, bourse__streams_backoff_ns(context, link->attempt++, at_least_ns));
  lose_topics(link);
  bourse__failure failure;
  bourse__failure_clear(&failure);
  failure.error.exchange = link->seen.adapter->name;
  bourse__failure_set(&failure, code == BOURSE_OK ? BOURSE_ERROR_DISCONNECTED : code, NULL, "%s: %s",
                      link->seen.socket->name, why);
  bourse_stream *last = NULL; /* a stream is told once, however many of its symbols were here */
  for (bourse__topic *topic = link->first; topic != NULL; topic = topic->next)
    for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
      if (!sub->dead && sub->stream != last && sub->stream->exchange != NULL) {
        last = sub->stream;
        bourse__stream_error(last, NULL, &failure);
      }
}

/* --- Renewal --- */

void bourse__link_renew(bourse__link *link) {
  if (link->dead || link->retire_ns != 0 || link->replaying) return;
  if (link->phase != BOURSE__LINK_READY) return; /* it is being made anew already */
  size_t index = (size_t)(link->seen.socket - link->seen.adapter->stream->sockets);
  bourse__link *twin =
      bourse__link_new(link->exchange, (uint32_t)index, link->seen.product, link->seen.margin_mode, link->seen.symbol);
  link->renew_ns = 0;
  if (twin == NULL) return; /* the exchange will end it, and it is made again then */
  link->successor = twin;
  link->retire_ns = now_of(link) + RETIRE_NS;
  bourse__log_write(&link->context->log, BOURSE_LOG_INFO, "%s: %s: renewing the connection", link->seen.adapter->name,
                    link->seen.socket->name);
  bourse__link_start(twin);
}

static bourse__link *predecessor_of(const bourse__link *link) {
  for (bourse__link *other = link->exchange->links; other != NULL; other = other->next)
    if (other->successor == link && !other->dead) return other;
  return NULL;
}

/* 1 when nothing needs the old connection any more. */
static int32_t is_replaced(const bourse__link *link) {
  if (link->topic_count > 0 || link->requests != NULL) return 0;
  if (link->successor == NULL || link->successor->phase != BOURSE__LINK_READY) return 0;
  for (const bourse__topic *topic = link->successor->first; topic != NULL; topic = topic->next)
    if (topic->phase != BOURSE__TOPIC_ACTIVE) return 0;
  return 1;
}

/* --- Alive --- */

static void set_ready(bourse__link *link) {
  link->phase = BOURSE__LINK_READY;
  const bourse_socket *socket = link->seen.socket;
  int64_t now = now_of(link);
  if (socket->lifetime_ns > 0) {
    uint16_t noise;
    int64_t early = socket->lifetime_ns / 20 < RENEW_EARLY_NS ? socket->lifetime_ns / 20 : RENEW_EARLY_NS;
    link->context->random.fill(link->context->random.user_data, &noise, sizeof noise);
    link->renew_ns = now + socket->lifetime_ns - early - early * noise / 65536;
  }
  bourse__link *old = predecessor_of(link);
  if (old != NULL) take_over(old, link);
  bourse__socket_flush(link);
  bourse__link_pump(link);
}

/* Silent topics and unanswered subscriptions. */
static void watch_topics(bourse__link *link, int64_t now) {
  for (bourse__topic *topic = link->first, *next; topic != NULL; topic = next) {
    next = topic->next;
    if (topic->phase == BOURSE__TOPIC_ASKED && topic->asked_ns != 0 && now - topic->asked_ns > LOGIN_NS) {
      bourse__link_broken(link, BOURSE_ERROR_TIMEOUT, "no answer came to a subscription", 0);
      return;
    }
    int64_t silence = topic->seen.channel->silence_ns;
    for (const bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
      if (sub->stream->stale_after_ns != 0 && !sub->dead) silence = sub->stream->stale_after_ns;
    if (silence <= 0 || link->paused || topic->phase != BOURSE__TOPIC_ACTIVE || topic->state != BOURSE_STREAM_LIVE)
      continue;
    if (now - topic->heard_ns < silence) continue;
    bourse__log_write(&link->context->log, BOURSE_LOG_INFO, "%s: %s of %s is silent; subscribing again",
                      link->seen.adapter->name, topic->seen.channel->name, topic->seen.id);
    if (topic->keeper != NULL) bourse__keeper_break(topic->keeper);
    topic->broken_utc_ns = bourse__loop_now_ns(link->context->loop);
    topic->phase = BOURSE__TOPIC_LEAVING;
    topic->resubscribe = 1;
    bourse__topic_set_state(topic, BOURSE_STREAM_STALE);
    bourse__link_pump(link);
    if (link->dead || link->phase != BOURSE__LINK_READY) return;
  }
}

static void send_ping(bourse__link *link, int64_t now) {
  const bourse_stream_adapter *stream = link->seen.adapter->stream;
  bourse_context *context = link->context;
  link->pinged_ns = now;
  bourse_text text;
  bourse__link_prepare(link);
  bourse_text_init(&text, link->seen.arena);
  if (stream->ping != NULL &&
      (stream->ping(&link->seen, ++link->last_id, &text) != BOURSE_OK || bourse_text_finish(&text) == NULL))
    return;
  if (text.length > 0)
    bourse__link_write(link, text.data, text.length);
  else
    context->transport.send_message(context->transport.user_data, link->socket, BOURSE_MESSAGE_PING, "", 0);
}

static int64_t tick_ns(const bourse__link *link) {
  int64_t shortest = 4 * SECOND;
  const bourse_socket *socket = link->seen.socket;
  if (socket->ping_ns > 0 && socket->ping_ns < shortest) shortest = socket->ping_ns;
  if (socket->silence_ns > 0 && socket->silence_ns < shortest) shortest = socket->silence_ns;
  for (const bourse__topic *topic = link->first; topic != NULL; topic = topic->next)
    for (const bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
      if (sub->stream->stale_after_ns > 0 && sub->stream->stale_after_ns < shortest)
        shortest = sub->stream->stale_after_ns;
  shortest /= 4;
  return shortest < 50 * MS ? 50 * MS : shortest;
}

static void keep_alive(bourse__link *link, int64_t now) {
  const bourse_socket *socket = link->seen.socket;
  if (link->phase == BOURSE__LINK_LOGIN && now - link->opened_ns > LOGIN_NS) {
    bourse__link_broken(link, BOURSE_ERROR_TIMEOUT, "no answer came to the login", 0);
    return;
  }
  if (link->phase != BOURSE__LINK_READY) return;
  if (socket->silence_ns > 0 && !link->paused && now - link->heard_ns > socket->silence_ns) {
    bourse__link_broken(link, BOURSE_ERROR_TIMEOUT, "the connection is silent", 0);
    return;
  }
  if (link->retire_ns != 0 && link->successor == NULL && link->topic_count > 0) {
    link->retire_ns = 0; /* the one that was to take its place could not be made */
    link->renew_ns = now + RETIRE_NS;
  }
  if (link->retire_ns != 0 && (is_replaced(link) || now >= link->retire_ns)) {
    if (link->topic_count == 0 || link->successor == NULL || link->successor->phase == BOURSE__LINK_READY) {
      bourse__link_kill(link);
      return;
    }
    link->retire_ns = now + RETIRE_NS; /* the new one is not there yet: better the old one than none */
  }
  if (link->renew_ns != 0 && now >= link->renew_ns) bourse__link_renew(link);
  if (socket->ping_ns > 0 && now - link->pinged_ns >= socket->ping_ns) send_ping(link, now);
  if (link->phase != BOURSE__LINK_READY) return;
  if (socket->token_extend_ns > 0 && now - link->extended_ns >= socket->token_extend_ns &&
      link->token_running == NULL && link->token != NULL) {
    link->extended_ns = now;
    link->extending = 1;
    if (start_token(link, BOURSE_OP_EXTEND_STREAM_TOKEN) != BOURSE_OK) link->extending = 0;
  }
  watch_topics(link, now);
}

static void on_tick(bourse__timer *timer) {
  bourse__link *link = timer->user_data;
  bourse_context *context = link->context;
  bourse__streams_enter(context);
  keep_alive(link, now_of(link));
  if (!link->dead && (link->phase == BOURSE__LINK_READY || link->phase == BOURSE__LINK_LOGIN))
    bourse__timer_set(context->loop, &link->tick, now_of(link) + tick_ns(link));
  bourse__streams_exit(context);
}

/* --- Sending --- */

bourse__pace *bourse__link_sends(bourse__link *link) {
  const bourse_socket *socket = link->seen.socket;
  size_t index = (size_t)(socket - link->seen.adapter->stream->sockets);
  int32_t shared = (socket->flags & BOURSE_SOCKET_SHARES_SENDS) != 0;
  return shared && link->exchange->limits != NULL && index < BOURSE__SOCKETS_MAX ? &link->exchange->limits->sends[index]
                                                                                 : &link->sends;
}

int32_t bourse__link_write(bourse__link *link, const char *text, size_t length) {
  bourse_context *context = link->context;
  const bourse_socket *socket = link->seen.socket;
  if (link->socket == NULL) return BOURSE_ERROR_STATE;
  int64_t now = now_of(link);
  if (socket->sends_max > 0) {
    bourse__pace *pace = bourse__link_sends(link);
    pace_begin(pace, socket->sends_interval_ns, now);
    pace->count++;
  }
  bourse__link_record(link, BOURSE_TRAFFIC_SENT, text, length, NULL);
  return context->transport.send_message(context->transport.user_data, link->socket, BOURSE_MESSAGE_TEXT, text, length);
}

static void on_pace(bourse__timer *timer) {
  bourse__link *link = timer->user_data;
  bourse__streams_enter(link->context);
  bourse__link_pump(link);
  bourse__streams_exit(link->context);
}

void bourse__link_pause(bourse__link *link, int32_t paused) {
  bourse_context *context = link->context;
  int32_t before = link->paused;
  link->paused += paused ? 1 : -1;
  if ((before == 0) == (link->paused == 0)) return;
  link->heard_ns = now_of(link);
  for (bourse__topic *topic = link->first; topic != NULL; topic = topic->next) topic->heard_ns = link->heard_ns;
  if (link->socket != NULL) context->transport.pause(context->transport.user_data, link->socket, link->paused > 0);
}

void bourse__link_record(bourse__link *link, int32_t kind, const char *bytes, size_t length, const char *url) {
  bourse_context *context = link->context;
  if (context->on_socket == NULL || link->replaying) return;
  bourse_arena *arena = bourse__arena_new(&context->allocator, length + 1024);
  if (arena == NULL) return;
  bourse_text texts[2];
  bourse_text_init(&texts[0], arena);
  bourse_text_init(&texts[1], arena);
  if (url != NULL) bourse__redact_url(&texts[0], url);
  bourse__redact_body(&texts[1], bytes, length);
  bourse_socket_record record = {
      .struct_size = sizeof record,
      .kind = kind,
      .exchange = link->seen.adapter->name,
      .url = bourse_text_finish(&texts[0]),
      .bytes = bourse_text_finish(&texts[1]),
      .length = texts[1].length,
      .time_ns = kind == BOURSE_TRAFFIC_RECEIVED ? link->seen.received_ns : bourse__loop_now_ns(context->loop),
      .connection = link->number,
  };
  if (record.url != NULL && record.bytes != NULL) {
    if (link->token != NULL)
      bourse__blot((char *)(uintptr_t)record.bytes, record.length, link->token, strlen(link->token));
    bourse__blot((char *)(uintptr_t)record.bytes, record.length, link->seen.api_key, strlen(link->seen.api_key));
    context->on_socket(context->on_socket_user_data, &record);
  }
  bourse__arena_free(arena);
}

/* --- What the transport brings --- */

static void log_in(bourse__link *link) {
  const bourse_stream_adapter *stream = link->seen.adapter->stream;
  bourse_text text;
  link->phase = BOURSE__LINK_LOGIN;
  bourse__link_prepare(link);
  bourse_text_init(&text, link->seen.arena);
  int32_t waits = (link->seen.socket->flags & BOURSE_SOCKET_GREETS) != 0;
  if (stream->login == NULL) {
    if (!waits) set_ready(link);
    return;
  }
  int32_t code = stream->login(&link->seen, &text);
  if (code != BOURSE_OK || bourse_text_finish(&text) == NULL) {
    refuse_all(link, code != BOURSE_OK ? code : BOURSE_ERROR_MEMORY, "the login could not be written");
    return;
  }
  if (link->dead || link->phase != BOURSE__LINK_LOGIN) return;
  if (text.length == 0) {
    if (!waits) set_ready(link);
    return;
  }
  if (bourse__link_write(link, text.data, text.length) != BOURSE_OK)
    bourse__link_broken(link, BOURSE_ERROR_DISCONNECTED, "the login could not be sent", 0);
}

void bourse_socket_opened(bourse_socket_token *token) {
  if (token == NULL || token->link->dead) return;
  bourse__link *link = token->link;
  bourse_context *context = link->context;
  bourse__streams_enter(context);
  context->metrics[BOURSE__METRIC_SOCKETS_OPENED]++;
  link->opened_ns = link->heard_ns = link->pinged_ns = now_of(link);
  bourse__timer_set(context->loop, &link->tick, link->opened_ns + tick_ns(link));
  if (link->socket != NULL)
    log_in(link);
  else
    link->opened_early = 1;
  bourse__streams_exit(context);
}

void bourse_emit_login(bourse_link *seen, int32_t code, bourse_slice exchange_code, bourse_slice exchange_message) {
  bourse__link *link = (bourse__link *)seen;
  if (link->dead || link->phase != BOURSE__LINK_LOGIN) return;
  if (code == BOURSE_OK) {
    set_ready(link);
    return;
  }
  char why[300];
  code = bourse__link_judge(link, code);
  snprintf(why, sizeof why, "the login was refused: %.*s %.*s",
           (int)(exchange_code.length > 60 ? 60 : exchange_code.length),
           exchange_code.data == NULL ? "" : exchange_code.data,
           (int)(exchange_message.length > 200 ? 200 : exchange_message.length),
           exchange_message.data == NULL ? "" : exchange_message.data);
  if (code == BOURSE_ERROR_TIMESTAMP) bourse__link_forget_clock(link);
  if (code <= -400 && code > -500 && code != BOURSE_ERROR_TIMESTAMP)
    refuse_all(link, code, why);
  else
    bourse__link_broken(link, code, why, 0);
}

static void report_undecoded(bourse__link *link) {
  bourse_context *context = link->context;
  bourse__failure failure;
  context->metrics[BOURSE__METRIC_UNDECODED]++;
  bourse__log_write(&context->log, BOURSE_LOG_WARN, "%s: %s: a message could not be read: %s", link->seen.adapter->name,
                    link->seen.socket->name, link->trouble);
  bourse__failure_clear(&failure);
  failure.error.exchange = link->seen.adapter->name;
  bourse__failure_set(&failure, BOURSE_ERROR_BAD_REPLY, NULL, "%s: a message could not be read: %s",
                      link->seen.socket->name, link->trouble);
  bourse_stream *last = NULL;
  for (bourse__topic *topic = link->first; topic != NULL; topic = topic->next) {
    for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic) {
      if (sub->dead || sub->stream == last) continue;
      last = sub->stream;
      last->counters[BOURSE__STREAM_COUNT_UNDECODED]++;
      bourse__stream_error(last, NULL, &failure);
    }
  }
}

void bourse_socket_message(bourse_socket_token *token, int32_t kind, const char *bytes, size_t length,
                           int64_t received_ns, int64_t received_monotonic_ns) {
  if (token == NULL || token->link->dead) return;
  bourse__link *link = token->link;
  bourse_context *context = link->context;
  link->heard_ns = received_monotonic_ns;
  if (kind == BOURSE_MESSAGE_PONG || link->phase < BOURSE__LINK_LOGIN) return;
  bourse__streams_enter(context);
  context->metrics[BOURSE__METRIC_MESSAGES]++;
  context->metrics[BOURSE__METRIC_MESSAGE_BYTES] += (int64_t)length;
  link->seen.received_ns = received_ns;
  if (context->on_socket != NULL) bourse__link_record(link, BOURSE_TRAFFIC_RECEIVED, bytes, length, NULL);
  if (bourse__link_read(link, bytes, length) != BOURSE_OK && !link->dead) {
    report_undecoded(link);
    bourse__topics_unread(link, bytes, length);
  }
  bourse__streams_exit(context);
}

void bourse_socket_closed(bourse_socket_token *token, const bourse_socket_end *end) {
  if (token == NULL || end == NULL || token->link->dead) return;
  bourse__link *link = token->link;
  bourse_context *context = link->context;
  char why[240];
  if (end->http_status != 0)
    snprintf(why, sizeof why, "the upgrade was refused with HTTP status %d: %.160s", end->http_status, end->text);
  else if (end->error == BOURSE_OK)
    snprintf(why, sizeof why, "the exchange closed the connection (%d %.160s)", end->close_code, end->text);
  else
    snprintf(why, sizeof why, "%.200s", end->text[0] != '\0' ? end->text : bourse_error_text(end->error));
  int32_t code = end->error;
  if (end->http_status == 429 || end->http_status == 418) code = BOURSE_ERROR_RATE_LIMITED;
  bourse__streams_enter(context);
  if (link->socket != NULL) bourse__link_record(link, BOURSE_TRAFFIC_CLOSED, why, strlen(why), NULL);
  link->socket = NULL; /* gone already */
  bourse__link_broken(link, code, why,
                      end->retry_after_ms > 0             ? end->retry_after_ms * MS
                      : code == BOURSE_ERROR_RATE_LIMITED ? 30 * SECOND
                                                          : 0);
  bourse__streams_exit(context);
}
