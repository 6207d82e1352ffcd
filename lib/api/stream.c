/* api/stream.c - the streams that callers hold: opening, adding and removing symbols, states, events, closing. */
#include <stdio.h>
#include <string.h>

#include "api/streaming.h"

/* --- Events --- */

static int32_t may_call_back(const bourse_stream *stream) {
  return stream->on_event != NULL && stream->context != NULL && stream->context->running_loop &&
         stream->queue_count == 0;
}

static void call_back(bourse_stream *stream, bourse_stream_event *event) {
  bourse_context *context = stream->context;
  int32_t before = context->in_run;
  event->delivered_ns = bourse__loop_now_ns(context->loop);
  context->in_run = 1;
  context->dispatching++;
  stream->on_event(stream->user_data, event);
  context->dispatching--;
  context->in_run = before;
}

void bourse__stream_deliver(bourse_stream *stream, bourse__sub *sub, bourse_stream_event *event,
                            const bourse__failure *failure) {
  if (stream->dead || (sub != NULL && sub->dead)) return;
  event->struct_size = sizeof *event;
  event->api_version = BOURSE_API_VERSION;
  event->operation = stream->info->operation;
  event->stream = stream;
  event->user_data = stream->user_data;
  if (sub != NULL) event->symbol = sub->symbol;
  if (event->state == 0) event->state = sub != NULL ? sub->state : stream->state;
  if (event->received_ns == 0 && stream->context != NULL)
    event->received_ns = bourse__loop_now_ns(stream->context->loop);
  if (failure != NULL) {
    event->error = &failure->error;
    event->error_code = failure->error.code;
  }
  stream->counters[BOURSE__STREAM_COUNT_EVENTS]++;
  if (may_call_back(stream)) {
    event->dropped = (uint32_t)stream->dropped;
    stream->dropped = 0;
    call_back(stream, event);
    return;
  }
  int32_t waited = stream->queue_count > 0;
  if (!bourse__stream_enqueue(stream, sub, event, failure)) {
    stream->dropped++;
    stream->counters[BOURSE__STREAM_COUNT_DROPPED]++;
  }
  if (!waited && stream->context != NULL) bourse__loop_wakeup(stream->context->loop);
}

void bourse__streams_fire(bourse_context *context) {
  bourse__streams_enter(context);
  for (bourse_stream *stream = context->streams; stream != NULL; stream = stream->next) {
    while (stream->on_event != NULL && !stream->dead && stream->queue_count > 0) {
      bourse_stream_event event = BOURSE_STREAM_EVENT_INIT;
      if (bourse_stream_next(stream, &event) <= 0) break;
      call_back(stream, &event);
    }
    if (stream->on_event != NULL) bourse__stream_queue_release(stream);
  }
  bourse__streams_exit(context);
}

void bourse__stream_error(bourse_stream *stream, bourse__sub *sub, const bourse__failure *failure) {
  bourse__failure own;
  bourse__failure_copy(&own, failure);
  own.error.operation = stream->info->name;
  own.error.outcome = BOURSE_OUTCOME_NONE;
  bourse_stream_event event = {.kind = BOURSE_STREAM_ERROR};
  bourse__stream_deliver(stream, sub, &event, &own);
}

/* --- States --- */

static int32_t overall(const bourse_stream *stream) {
  static const int32_t order[] = {BOURSE_STREAM_CONNECTING, BOURSE_STREAM_STALE, BOURSE_STREAM_SYNCING,
                                  BOURSE_STREAM_LIVE};
  if (stream->resolving > 0) return BOURSE_STREAM_CONNECTING;
  for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
    if (stream->state_counts[order[i]] > 0) return order[i];
  return BOURSE_STREAM_CLOSED;
}

static void tell_overall(bourse_stream *stream) {
  int32_t state = overall(stream);
  if (state == stream->state || stream->dead) return;
  stream->state = state;
  bourse_stream_event event = {.kind = BOURSE_STREAM_STATE, .state = state};
  bourse__stream_deliver(stream, NULL, &event, NULL);
}

void bourse__stream_sub_state(bourse__sub *sub, int32_t state) {
  bourse_stream *stream = sub->stream;
  if (sub->state == state) return;
  if (sub->state != 0) stream->state_counts[sub->state]--;
  sub->state = state;
  stream->state_counts[state]++;
  if (sub->symbol != NULL) {
    bourse_stream_event event = {.kind = BOURSE_STREAM_STATE, .state = state};
    bourse__stream_deliver(stream, sub, &event, NULL);
  }
  if (!stream->dead) tell_overall(stream);
}

/* --- Setting up --- */

static uint32_t hash_of(const char *symbol) {
  uint32_t hash = 2166136261u;
  for (; symbol != NULL && *symbol != '\0'; symbol++) hash = (hash ^ (unsigned char)*symbol) * 16777619u;
  return hash ^ (hash >> 15);
}

bourse__sub *bourse__stream_sub(const bourse_stream *stream, const char *symbol) {
  if (stream->sub_slots == NULL) return NULL;
  bourse__sub *sub = stream->sub_slots[hash_of(symbol) & stream->sub_mask];
  for (; sub != NULL; sub = sub->next_in_slot)
    if (!sub->dead && (sub->symbol == NULL ? symbol == NULL : symbol != NULL && strcmp(sub->symbol, symbol) == 0))
      return sub;
  return NULL;
}

static void enter_slot(bourse_stream *stream, bourse__sub *sub) {
  bourse__sub **slot = &stream->sub_slots[hash_of(sub->symbol) & stream->sub_mask];
  sub->next_in_slot = *slot;
  *slot = sub;
}

static void leave_slot(bourse_stream *stream, const bourse__sub *sub) {
  bourse__sub **at = &stream->sub_slots[hash_of(sub->symbol) & stream->sub_mask];
  while (*at != sub) at = &(*at)->next_in_slot;
  *at = sub->next_in_slot;
  stream->sub_count--;
}

/* Room for one more; 0: memory is out. */
static int32_t grow_slots(bourse_stream *stream) {
  if (stream->sub_slots != NULL && stream->sub_count <= stream->sub_mask) return 1;
  uint32_t mask = stream->sub_slots == NULL ? 7 : stream->sub_mask * 2 + 1;
  bourse__sub **slots = bourse__alloc(&stream->allocator, ((size_t)mask + 1) * sizeof *slots);
  if (slots == NULL) return 0;
  bourse__release(&stream->allocator, stream->sub_slots);
  stream->sub_slots = slots;
  stream->sub_mask = mask;
  for (bourse__sub *sub = stream->subs; sub != NULL; sub = sub->next_of_stream) enter_slot(stream, sub);
  return 1;
}

int32_t bourse__stream_add_sub(bourse_stream *stream, bourse__topic *topic, const char *symbol) {
  bourse__sub *sub = grow_slots(stream) ? bourse__alloc(&stream->allocator, sizeof *sub) : NULL;
  if (sub == NULL) return BOURSE_ERROR_MEMORY;
  if (symbol != NULL && (sub->symbol = bourse__duplicate(&stream->allocator, symbol)) == NULL) {
    bourse__release(&stream->allocator, sub);
    return BOURSE_ERROR_MEMORY;
  }
  sub->stream = stream;
  sub->topic = topic;
  sub->next_of_stream = stream->subs;
  stream->subs = sub;
  enter_slot(stream, sub);
  stream->sub_count++;
  sub->next_of_topic = topic->subs;
  topic->subs = sub;
  if (topic->phase == BOURSE__TOPIC_LEAVING && !topic->resubscribe) topic->resubscribe = 1; /* wanted again after all */
  if (stream->pausing) bourse__link_pause(topic->link, 1);
  bourse__stream_sub_state(sub, topic->state);
  return BOURSE_OK;
}

/* The topic for one market (NULL: account or all), shared with other streams of the handle where it is the same. */
static int32_t join(bourse_stream *stream, bourse__running *running, const bourse_market *market,
                    bourse__failure *failure) {
  bourse_exchange *exchange = stream->exchange;
  const bourse_stream_adapter *adapter = exchange->adapter->stream;
  const char *symbol = market == NULL ? NULL : market->symbol;
  bourse_watch_call call = {.adapter = exchange->adapter,
                            .state = exchange->state,
                            .request = &running->request,
                            .market = market,
                            .operation = stream->info->operation,
                            .product = running->call.product,
                            .margin_mode = running->call.margin_mode,
                            .environment = exchange->environment,
                            .interval_ms = stream->interval_ms,
                            .arena = running->call.arena,
                            .failure = failure};
  const bourse_channel *channel =
      adapter->choose != NULL ? adapter->choose(&call)
                              : bourse_find_channel(exchange->adapter, call.operation, bourse_watch_for(&call), 0);
  if (channel == NULL && failure->error.code == BOURSE_OK)
    bourse_watch_fail(&call, BOURSE_ERROR_UNSUPPORTED, NULL, "%s has no %s in this form", exchange->adapter->title,
                      stream->info->name);
  if (channel == NULL) return failure->error.code;
  int32_t whole = (channel->flags & (BOURSE_CHANNEL_ACCOUNT | BOURSE_CHANNEL_ALL)) != 0;
  if (whole) {
    call.market = market = NULL;
    if (bourse__stream_sub(stream, NULL) != NULL) return BOURSE_OK;
    symbol = NULL;
  } else if (market == NULL) {
    return bourse_watch_fail(&call, BOURSE_ERROR_ARGUMENT, "symbols", "%s of %s wants symbols", stream->info->name,
                             exchange->adapter->title);
  }
  if ((adapter->sockets[channel->socket].flags & BOURSE_SOCKET_PRIVATE) != 0 && exchange->signer == NULL)
    return bourse_watch_fail(&call, BOURSE_ERROR_CREDENTIALS, NULL,
                             "%s needs an API key and this handle was opened without one", stream->info->name);
  bourse_topic seen = {.channel = channel,
                       .market = market,
                       .id = market == NULL ? "" : market->id,
                       .qualifier = "",
                       .name = "",
                       .operation = call.operation,
                       .product = call.product,
                       .margin_mode = call.margin_mode};
  int32_t code = adapter->topic == NULL ? BOURSE_OK : adapter->topic(&call, &seen);
  if (code != BOURSE_OK || failure->error.code != BOURSE_OK)
    return failure->error.code != BOURSE_OK ? failure->error.code : code;
  const char *isolated = "";
  if (call.margin_mode == BOURSE_MARGIN_ISOLATED && running->call.market_count > 0)
    isolated = running->call.markets[0]->symbol;
  if (call.margin_mode == BOURSE_MARGIN_ISOLATED && running->call.market != NULL)
    isolated = running->call.market->symbol;
  bourse__link *link = bourse__link_for(exchange, channel, &seen, isolated);
  if (link == NULL) return bourse_watch_fail(&call, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  bourse__topic *topic =
      bourse__topic_find(link, channel, seen.id, strlen(seen.id), seen.qualifier, strlen(seen.qualifier));
  if (topic != NULL && topic->dead) { /* refused or left a moment ago, and not swept yet */
    bourse__topic_remove(topic);
    bourse__topic_free(topic);
    topic = NULL;
  }
  if (topic == NULL) {
    bourse__markets_slot *slot = market == NULL ? NULL : bourse__markets_slot_of(exchange, market->product);
    topic = bourse__topic_new(link, &seen, slot == NULL ? NULL : slot->markets);
  }
  if (topic == NULL || bourse__stream_add_sub(stream, topic, symbol) != BOURSE_OK) {
    exchange->context->streams_dirty = 1;
    return bourse_watch_fail(&call, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  }
  if (link->phase == BOURSE__LINK_IDLE)
    bourse__link_start(link);
  else
    bourse__link_pump(link);
  return BOURSE_OK;
}

/* Symbols of an account's stream choose what is handed on. */
static int32_t keep_filter(bourse_stream *stream, const bourse__running *running) {
  uint32_t count = running->call.market != NULL ? 1 : running->call.market_count;
  if (count == 0 || (stream->info->flags & BOURSE_OPERATION_PRIVATE) == 0) return BOURSE_OK;
  const char **symbols = bourse_arena_alloc(stream->arena, (stream->filter_count + count) * sizeof *symbols);
  if (symbols == NULL) return BOURSE_ERROR_MEMORY;
  for (uint32_t i = 0; i < stream->filter_count; i++) symbols[i] = stream->filter[i];
  for (uint32_t i = 0; i < count; i++) {
    const char *symbol = running->call.market != NULL ? running->call.market->symbol : running->call.markets[i]->symbol;
    symbols[stream->filter_count + i] = bourse_arena_copy(stream->arena, symbol, strlen(symbol));
    if (symbols[stream->filter_count + i] == NULL) return BOURSE_ERROR_MEMORY;
  }
  stream->filter = symbols;
  stream->filter_count += count;
  return BOURSE_OK;
}

/* --- Looking up --- */

static int32_t resolve(bourse_stream *stream, const bourse_request *request, bourse__failure *failure);

/* Failures that waiting may mend, as it does those of connections. */
static int32_t passes(int32_t code) {
  return code == BOURSE_ERROR_DEADLINE || (code <= BOURSE_ERROR_NETWORK && code > BOURSE_ERROR_REFUSED) ||
         (code <= BOURSE_ERROR_RATE_LIMITED && code > BOURSE_ERROR_BAD_REPLY);
}

static void free_lookup(bourse__lookup *lookup) {
  bourse__arena_free(lookup->arena);
  bourse__release(&lookup->stream->allocator, lookup);
}

static void drop_lookups(bourse_stream *stream) {
  for (bourse__lookup *lookup; (lookup = stream->put_off) != NULL;) {
    stream->put_off = lookup->next;
    bourse__timer_clear(stream->context->loop, &lookup->wait);
    free_lookup(lookup);
  }
}

static void look_up_again(bourse__timer *timer) {
  bourse__lookup *lookup = timer->user_data;
  bourse_stream *stream = lookup->stream;
  bourse_context *context = stream->context;
  bourse__failure failure;
  bourse__streams_enter(context);
  bourse__lookup **at = &stream->put_off;
  while (*at != lookup) at = &(*at)->next;
  *at = lookup->next;
  stream->resolving--;
  bourse__failure_clear(&failure);
  int32_t code = resolve(stream, &lookup->request, &failure);
  free_lookup(lookup);
  if (code != BOURSE_OK) bourse__stream_error(stream, NULL, &failure);
  if (!stream->dead) tell_overall(stream);
  bourse__streams_exit(context);
}

/* 0: memory is out. */
static int32_t put_off(bourse_stream *stream, const bourse__running *running) {
  bourse_context *context = stream->context;
  bourse__failure unread;
  int32_t made_ids = 0;
  bourse__lookup *lookup = bourse__alloc(&stream->allocator, sizeof *lookup);
  if (lookup == NULL) return 0;
  int64_t wait_ns =
      bourse__streams_backoff_ns(context, stream->attempt, running->failure.error.retry_after_ms * 1000000);
  lookup->stream = stream;
  lookup->wait.callback = look_up_again;
  lookup->wait.user_data = lookup;
  lookup->arena = bourse__arena_new(&stream->allocator, 256);
  bourse__failure_clear(&unread);
  if (lookup->arena == NULL || bourse__copy_request(&lookup->request, &running->request, stream->info, stream->exchange,
                                                    lookup->arena, &made_ids, &unread) != BOURSE_OK) {
    free_lookup(lookup);
    return 0;
  }
  bourse__timer_set(context->loop, &lookup->wait, bourse__loop_monotonic_ns(context->loop) + wait_ns);
  lookup->next = stream->put_off;
  stream->put_off = lookup;
  stream->resolving++;
  stream->attempt++;
  return 1;
}

void bourse__stream_resolved(bourse__running *running, int32_t code) {
  bourse_stream *stream = running->owner;
  if (stream == NULL) return;
  bourse_context *context = running->context;
  bourse__failure failure;
  bourse__streams_enter(context);
  stream->resolving--;
  bourse__failure_clear(&failure);
  failure.error.exchange = stream->exchange->adapter->name;
  failure.error.operation = stream->info->name;
  if (code != BOURSE_OK) bourse__failure_copy(&failure, &running->failure);
  if (passes(code) && put_off(stream, running)) {
    bourse__stream_error(stream, NULL, &failure);
    bourse__streams_exit(context);
    return;
  }
  stream->attempt = 0;
  if (code == BOURSE_OK && (code = keep_filter(stream, running)) != BOURSE_OK)
    bourse__failure_set(&failure, code, NULL, "out of memory");
  if (code == BOURSE_OK && running->call.market != NULL) {
    if (bourse__stream_sub(stream, running->call.market->symbol) == NULL)
      code = join(stream, running, running->call.market, &failure);
  } else if (code == BOURSE_OK && running->call.market_count > 0) {
    for (uint32_t i = 0; i < running->call.market_count && code == BOURSE_OK && !stream->dead; i++)
      if (bourse__stream_sub(stream, running->call.markets[i]->symbol) == NULL)
        code = join(stream, running, running->call.markets[i], &failure);
  } else if (code == BOURSE_OK) {
    code = join(stream, running, NULL, &failure);
  }
  if (code != BOURSE_OK && !stream->dead) bourse__stream_error(stream, NULL, &failure);
  if (!stream->dead) tell_overall(stream);
  bourse__streams_exit(context);
}

/* --- Opening --- */

static int32_t check_options(const bourse_stream_options *options, bourse__failure *failure) {
  if (options->policy < 0 || options->policy > BOURSE_QUEUE_PAUSE)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "policy",
                               "policy is %d; allowed: conflate (1), drop oldest (2), pause (3)", options->policy);
  if (options->interval_ms < 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "interval_ms",
                               "interval_ms is %lld; it cannot be negative", (long long)options->interval_ms);
  if (options->stale_after_ms > 86400000)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "stale_after_ms",
                               "stale_after_ms is %lld; at most a day is allowed", (long long)options->stale_after_ms);
  return BOURSE_OK;
}

static int32_t default_policy(const bourse_operation_info *info) {
  if ((info->flags & BOURSE_OPERATION_PRIVATE) != 0) return BOURSE_QUEUE_PAUSE; /* nothing of one's own is ever lost */
  if (info->kind == BOURSE_KIND_TRADE) return BOURSE_QUEUE_DROP_OLDEST;
  return BOURSE_QUEUE_CONFLATE;
}

static void free_stream(bourse_stream *stream) {
  bourse_allocator allocator = stream->allocator;
  for (bourse__sub *sub; (sub = stream->subs) != NULL;) {
    stream->subs = sub->next_of_stream;
    bourse__release(&allocator, sub->symbol);
    bourse__release(&allocator, sub);
  }
  bourse__stream_queue_free(stream);
  bourse__release(&allocator, stream->sub_slots);
  bourse__arena_free(stream->arena);
  bourse__release(&allocator, stream);
}

bourse_stream *bourse__stream_new(bourse_exchange *exchange, const bourse_operation_info *info,
                                  const bourse_stream_options *options) {
  bourse_context *context = exchange->context;
  bourse_stream *stream = bourse__alloc(&context->allocator, sizeof *stream);
  if (stream == NULL) return NULL;
  stream->context = context;
  stream->exchange = exchange;
  stream->allocator = context->allocator;
  stream->info = info;
  stream->arena = bourse__arena_new(&context->allocator, 512);
  stream->policy = options->policy != 0 ? options->policy : default_policy(info);
  stream->queue_limit = options->queue_limit != 0 ? options->queue_limit : 1000;
  stream->stale_after_ns = options->stale_after_ms * 1000000;
  stream->interval_ms = options->interval_ms;
  stream->reconcile = options->reconcile;
  stream->on_event = options->on_event;
  stream->user_data = options->user_data;
  stream->state = BOURSE_STREAM_CONNECTING;
  stream->first_number = 1;
  if (stream->arena == NULL) {
    free_stream(stream);
    return NULL;
  }
  stream->next = context->streams;
  context->streams = stream;
  return stream;
}

/* Looks the symbols up (loading tables as needed) and goes on in bourse__stream_resolved. */
static int32_t resolve(bourse_stream *stream, const bourse_request *request, bourse__failure *failure) {
  bourse__running *running;
  int32_t code = bourse__running_new(&running, stream->exchange, request, 1, failure);
  if (code != BOURSE_OK) return code;
  running->done = bourse__stream_resolved;
  running->owner = stream;
  stream->resolving++;
  bourse__running_advance(running);
  return BOURSE_OK;
}

int32_t bourse_watch(bourse_stream **out, bourse_exchange *exchange, const bourse_request *given,
                     const bourse_stream_options *given_options) {
  static const bourse_stream_options defaults = BOURSE_STREAM_OPTIONS_INIT;
  bourse_stream_options options;
  bourse_request request;
  if (out != NULL) *out = NULL;
  if (out == NULL || exchange == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_context *context = exchange->context;
  if (context == NULL || exchange->closing) return BOURSE_ERROR_STATE;
  bourse__failure *failure = &context->failure;
  bourse__failure_clear(failure);
  failure->error.exchange = exchange->adapter->name;
  int32_t code = bourse__copy_stamped(&request, sizeof request, given, "request", failure);
  if (code == BOURSE_OK)
    code = bourse__copy_stamped(&options, sizeof options, given_options == NULL ? &defaults : given_options, "options",
                                failure);
  if (code != BOURSE_OK) return code;
  const bourse_operation_info *info = bourse_schema_operation(request.operation);
  if (info == NULL || (info->flags & BOURSE_OPERATION_STREAM) == 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "operation",
                               "operation is %d; a stream is one of BOURSE_OP_WATCH_*", request.operation);
  failure->error.operation = info->name;
  code = check_options(&options, failure);
  if (code == BOURSE_OK) code = bourse__check_request(exchange, info, &request, failure);
  if (code != BOURSE_OK) return code;
  if (exchange->adapter->stream == NULL || context->transport.connect == NULL)
    return bourse__failure_set(failure, BOURSE_ERROR_UNSUPPORTED, NULL,
                               exchange->adapter->stream == NULL
                                   ? "%s has no streams"
                                   : "%s: the host's transport has no WebSocket connections",
                               exchange->adapter->title);
  bourse_stream *stream = bourse__stream_new(exchange, info, &options);
  if (stream == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  /* What later symbols are watched with, too. */
  bourse_request kept = request;
  kept.symbol = NULL;
  kept.symbols = NULL;
  kept.symbol_count = 0;
  int32_t made_ids;
  code = bourse__copy_request(&stream->request, &kept, info, exchange, stream->arena, &made_ids, failure);
  if (code == BOURSE_OK) code = resolve(stream, &request, failure);
  if (code != BOURSE_OK) {
    bourse_stream_close(stream);
    return code;
  }
  *out = stream;
  return BOURSE_OK;
}

static bourse_context *usable(const bourse_stream *stream) {
  return stream == NULL || stream->dead || stream->exchange == NULL ? NULL : stream->context;
}

int32_t bourse_stream_add(bourse_stream *stream, const char *const *symbols, uint32_t count) {
  if (stream == NULL || (symbols == NULL && count > 0)) return BOURSE_ERROR_ARGUMENT;
  bourse_context *context = usable(stream);
  if (context == NULL) return BOURSE_ERROR_STATE;
  if (count == 0) return BOURSE_OK;
  bourse__failure_clear(&context->failure);
  bourse_request request = stream->request;
  const bourse__sub *whole = bourse__stream_sub(stream, NULL);
  if (whole != NULL && stream->filter_count == 0)
    return bourse__failure_set(&context->failure, BOURSE_ERROR_ARGUMENT, "symbols",
                               "this stream watches all symbols already");
  for (uint32_t i = 0; i < count; i++)
    if (symbols[i] == NULL)
      return bourse__failure_set(&context->failure, BOURSE_ERROR_ARGUMENT, "symbols", "symbol %u is NULL", i);
  request.symbols = count > 1 || stream->info->operation == BOURSE_OP_WATCH_TICKERS ? symbols : NULL;
  request.symbol_count = request.symbols != NULL ? count : 0;
  request.symbol = request.symbols != NULL ? NULL : symbols[0];
  return resolve(stream, &request, &context->failure);
}

int32_t bourse_stream_remove(bourse_stream *stream, const char *const *symbols, uint32_t count) {
  if (stream == NULL || (symbols == NULL && count > 0)) return BOURSE_ERROR_ARGUMENT;
  bourse_context *context = usable(stream);
  if (context == NULL) return BOURSE_ERROR_STATE;
  bourse__failure_clear(&context->failure);
  for (uint32_t i = 0; i < count; i++)
    if (symbols[i] == NULL || bourse__stream_sub(stream, symbols[i]) == NULL)
      return bourse__failure_set(&context->failure, BOURSE_ERROR_ARGUMENT, "symbols",
                                 "this stream does not watch \"%s\"", symbols[i] == NULL ? "(null)" : symbols[i]);
  bourse__streams_enter(context);
  for (uint32_t i = 0; i < count; i++) {
    bourse__sub *sub = bourse__stream_sub(stream, symbols[i]);
    if (sub == NULL) continue; /* named twice */
    sub->dead = 1;
    stream->state_counts[sub->state]--;
    context->streams_dirty = 1;
  }
  tell_overall(stream);
  bourse__streams_exit(context);
  return BOURSE_OK;
}

/* --- Closing --- */

/* The subs of a stream leave their topics. */
static void kill_subs(bourse_stream *stream) {
  for (bourse__sub *sub = stream->subs; sub != NULL; sub = sub->next_of_stream) sub->dead = 1;
}

/* Its look-ups find nobody to tell. */
static void forget_stream(bourse_context *context, const void *owner) {
  for (bourse__running *running = context->running; running != NULL; running = running->next)
    if (running->owner == owner) running->owner = NULL;
}

void bourse_stream_close(bourse_stream *stream) {
  if (stream == NULL || stream->dead) return;
  bourse_context *context = stream->context;
  if (context == NULL) {
    free_stream(stream);
    return;
  }
  bourse__streams_enter(context);
  bourse__stream_queue_release(stream);
  if (stream->pausing)
    for (bourse__sub *sub = stream->subs; sub != NULL; sub = sub->next_of_stream)
      if (sub->topic != NULL && !sub->dead) bourse__link_pause(sub->topic->link, 0);
  stream->pausing = 0;
  stream->dead = 1;
  kill_subs(stream);
  drop_lookups(stream);
  forget_stream(context, stream);
  context->streams_dirty = 1;
  bourse__streams_exit(context);
}

static void sweep_topic(bourse__topic *topic) {
  bourse__link *link = topic->link;
  for (bourse__sub **at = &topic->subs; *at != NULL;) {
    bourse__sub *sub = *at;
    if (!sub->dead) {
      at = &sub->next_of_topic;
      continue;
    }
    *at = sub->next_of_topic;
    sub->topic = NULL;
  }
  if (topic->dead) return;
  if (topic->subs != NULL || link->replaying) return;
  if (topic->phase == BOURSE__TOPIC_LEAVING && topic->resubscribe) topic->resubscribe = 0;
  if (topic->phase == BOURSE__TOPIC_WANTED || link->phase != BOURSE__LINK_READY) topic->dead = 1;
  if (topic->phase == BOURSE__TOPIC_ASKED || topic->phase == BOURSE__TOPIC_ACTIVE) topic->phase = BOURSE__TOPIC_LEAVING;
}

static void sweep_link(bourse__link *link) {
  for (bourse__topic *topic = link->first; topic != NULL; topic = topic->next) sweep_topic(topic);
  if (!link->dead) bourse__link_pump(link);
  for (bourse__topic *topic = link->first, *next; topic != NULL; topic = next) {
    next = topic->next;
    if (!topic->dead) continue;
    bourse__topic_remove(topic);
    bourse__topic_free(topic);
  }
  /* A connection that serves nobody is closed, but for those that take orders or take over from another. */
  if (link->dead || link->replaying || link->topic_count > 0 || link->requests != NULL || link->retire_ns != 0) return;
  if ((link->seen.socket->flags & BOURSE_SOCKET_ORDERS) != 0) return;
  for (const bourse__link *other = link->exchange->links; other != NULL; other = other->next)
    if (other->successor == link && !other->dead) return;
  bourse__link_kill(link);
}

static void sweep_links(bourse_exchange *exchange) {
  for (bourse__link *link = exchange->links, *next; link != NULL; link = next) {
    next = link->next;
    sweep_link(link);
  }
  for (bourse__link **at = &exchange->links; *at != NULL;) {
    bourse__link *link = *at;
    if (!link->dead) {
      at = &link->next;
      continue;
    }
    for (bourse__link *other = exchange->links; other != NULL; other = other->next)
      if (other->successor == link) other->successor = NULL;
    *at = link->next;
    for (bourse__topic *topic = link->first; topic != NULL; topic = topic->next)
      for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic) sub->topic = NULL;
    bourse__link_free(link);
  }
}

static void sweep_streams(bourse_context *context) {
  for (bourse_stream **at = &context->streams; *at != NULL;) {
    bourse_stream *stream = *at;
    if (stream->dead) {
      *at = stream->next;
      free_stream(stream);
      continue;
    }
    for (bourse__sub **of = &stream->subs; *of != NULL;) {
      bourse__sub *sub = *of;
      if (!sub->dead) {
        of = &sub->next_of_stream;
        continue;
      }
      *of = sub->next_of_stream;
      leave_slot(stream, sub);
      bourse__release(&stream->allocator, sub->symbol);
      bourse__release(&stream->allocator, sub);
    }
    at = &stream->next;
  }
}

void bourse__streams_sweep(bourse_context *context) {
  /* What is pumped here may mark more. */
  for (int32_t turn = 0; context->streams_dirty && turn < 4; turn++) {
    context->streams_dirty = 0;
    context->dispatching++;
    for (bourse_exchange *exchange = context->exchanges; exchange != NULL; exchange = exchange->next)
      sweep_links(exchange);
    sweep_streams(context);
    context->dispatching--;
  }
  while (context->closing != NULL) {
    bourse_exchange *exchange = context->closing;
    context->closing = exchange->next;
    exchange->closing = 0;
    exchange->next = context->exchanges;
    context->exchanges = exchange;
    bourse_close(exchange);
  }
}

/* Streams of a handle that is closed live on, closed, until their owners close them. */
void bourse__streams_leave(bourse_context *context, bourse_exchange *exchange) {
  for (bourse_stream *stream = context->streams; stream != NULL; stream = stream->next) {
    if (exchange != NULL && stream->exchange != exchange) continue;
    forget_stream(context, stream);
    drop_lookups(stream);
    for (bourse__sub *sub = stream->subs; sub != NULL; sub = sub->next_of_stream) {
      if (sub->topic != NULL) sub->topic->subs = NULL;
      sub->topic = NULL;
      if (!sub->dead && sub->state != 0) stream->state_counts[sub->state]--;
      if (!sub->dead) stream->state_counts[BOURSE_STREAM_CLOSED]++;
      sub->state = BOURSE_STREAM_CLOSED;
    }
    stream->state = BOURSE_STREAM_CLOSED;
    stream->resolving = 0;
    stream->pausing = 0;
    stream->exchange = NULL;
  }
  for (bourse_exchange *each = context->exchanges; each != NULL; each = each->next) {
    if (exchange != NULL && each != exchange) continue;
    for (bourse__link *link; (link = each->links) != NULL;) {
      bourse__link_kill(link);
      each->links = link->next;
      if (link->replaying) bourse__replay_forget(link->replay, link);
      bourse__link_free(link);
    }
  }
  if (exchange != NULL) return;
  for (bourse_stream *stream, *next = context->streams; (stream = next) != NULL;) {
    next = stream->next;
    stream->next = NULL;
    stream->context = NULL;
    if (stream->dead) free_stream(stream);
  }
  context->streams = NULL;
}

/* --- Asking --- */

int32_t bourse_stream_state(const bourse_stream *stream, const char *symbol) {
  if (stream == NULL) return 0;
  if (symbol == NULL) return stream->state;
  const bourse__sub *sub = bourse__stream_sub(stream, symbol);
  return sub == NULL ? 0 : sub->state;
}

int32_t bourse_stream_operation(const bourse_stream *stream) { return stream == NULL ? 0 : stream->info->operation; }

bourse_exchange *bourse_stream_exchange(const bourse_stream *stream) {
  return stream == NULL ? NULL : stream->exchange;
}

static const char *const counter_names[BOURSE__STREAM_COUNT] = {
    "events",     "records",    "dropped",   "conflated",        "gaps",  "repairs",
    "reconnects", "duplicates", "undecoded", "queue_high_water", "pauses"};

const char *bourse_stream_counter_name(uint32_t index) {
  return index < BOURSE__STREAM_COUNT ? counter_names[index] : NULL;
}

int64_t bourse_stream_counter(const bourse_stream *stream, uint32_t index) {
  return stream == NULL || index >= BOURSE__STREAM_COUNT ? 0 : stream->counters[index];
}

const void *bourse_stream_event_record(const bourse_stream_event *event, uint32_t index) {
  if (event == NULL || event->records == NULL || index >= event->count) return NULL;
  return (const char *)event->records + (size_t)index * event->record_size;
}

int32_t bourse_stream_wait(bourse_stream *stream, bourse_stream_event *event, int64_t max_wait_ms) {
  int32_t code = bourse_stream_next(stream, event);
  if (code != 0 || stream->context == NULL) return code;
  bourse_context *context = stream->context;
  if (context->in_run)
    return bourse__failure_set(&context->failure, BOURSE_ERROR_STATE, NULL,
                               "a blocking call cannot be made from inside a callback");
  int64_t end = max_wait_ms < 0 ? INT64_MAX : bourse__loop_monotonic_ns(context->loop) + max_wait_ms * 1000000;
  while ((code = bourse_stream_next(stream, event)) == 0) {
    int64_t left = max_wait_ms < 0 ? -1 : (end - bourse__loop_monotonic_ns(context->loop)) / 1000000;
    if (max_wait_ms >= 0 && left < 0) left = 0;
    code = bourse_run(context, left);
    if (code < 0) return code;
    if (left == 0 || context->host_clock) return bourse_stream_next(stream, event);
  }
  return code;
}

/* --- The everyday ones --- */

static int32_t watch_one(bourse_stream **out, bourse_exchange *exchange, int32_t operation, const char *symbol,
                         const char *timeframe, uint32_t depth) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  request.symbol = symbol;
  request.timeframe = timeframe;
  request.limit = depth;
  return bourse_watch(out, exchange, &request, NULL);
}

int32_t bourse_watch_ticker(bourse_stream **out, bourse_exchange *exchange, const char *symbol) {
  return watch_one(out, exchange, BOURSE_OP_WATCH_TICKER, symbol, NULL, 0);
}

int32_t bourse_watch_order_book(bourse_stream **out, bourse_exchange *exchange, const char *symbol, uint32_t depth) {
  return watch_one(out, exchange, BOURSE_OP_WATCH_ORDER_BOOK, symbol, NULL, depth);
}

int32_t bourse_watch_trades(bourse_stream **out, bourse_exchange *exchange, const char *symbol) {
  return watch_one(out, exchange, BOURSE_OP_WATCH_TRADES, symbol, NULL, 0);
}

int32_t bourse_watch_candles(bourse_stream **out, bourse_exchange *exchange, const char *symbol,
                             const char *timeframe) {
  return watch_one(out, exchange, BOURSE_OP_WATCH_CANDLES, symbol, timeframe, 0);
}

int32_t bourse_watch_orders(bourse_stream **out, bourse_exchange *exchange) {
  return watch_one(out, exchange, BOURSE_OP_WATCH_ORDERS, NULL, NULL, 0);
}

int32_t bourse_watch_my_trades(bourse_stream **out, bourse_exchange *exchange) {
  return watch_one(out, exchange, BOURSE_OP_WATCH_MY_TRADES, NULL, NULL, 0);
}

int32_t bourse_watch_balances(bourse_stream **out, bourse_exchange *exchange) {
  return watch_one(out, exchange, BOURSE_OP_WATCH_BALANCES, NULL, NULL, 0);
}

int32_t bourse_watch_positions(bourse_stream **out, bourse_exchange *exchange) {
  return watch_one(out, exchange, BOURSE_OP_WATCH_POSITIONS, NULL, NULL, 0);
}

int32_t bourse_stream_options_init(bourse_stream_options *options, uint32_t size) {
  if (options == NULL || size < 2 * sizeof(uint32_t) || size > 65536) return BOURSE_ERROR_ARGUMENT;
  const uint32_t stamp[2] = {size, BOURSE_API_VERSION};
  memset(options, 0, size);
  memcpy(options, stamp, sizeof stamp);
  return BOURSE_OK;
}
