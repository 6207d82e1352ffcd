/* api/topics.c - topics: what is subscribed over a link, in which state, and the books kept of it. */
#include <string.h>
#include <strings.h>

#include "api/streaming.h"
#include "net/retry.h"

#define MS               INT64_C(1000000)
#define SNAPSHOT_BASE_NS (250 * MS)
#define SNAPSHOT_CAP_NS  (10000 * MS)

static int64_t now_of(const bourse__link *link) { return bourse__loop_monotonic_ns(link->context->loop); }

/* --- The table --- */

static uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t length) {
  uint64_t word;
  for (; length >= sizeof word; bytes += sizeof word, length -= sizeof word) {
    memcpy(&word, bytes, sizeof word);
    hash = (hash ^ word) * UINT64_C(1099511628211);
    hash ^= hash >> 29;
  }
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
  return hash;
}

static uint64_t hash_of(const bourse__link *link, const bourse_channel *channel, const char *id, size_t id_length,
                        const char *qualifier, size_t qualifier_length) {
  uint64_t hash = UINT64_C(1469598103934665603) + (uint64_t)(channel - link->seen.adapter->stream->channels);
  hash = hash_bytes(hash * UINT64_C(1099511628211), id, id_length);
  if (qualifier_length > 0) hash = hash_bytes(hash ^ 0xff, qualifier, qualifier_length);
  return hash ^ (hash >> 32);
}

/* Of thousands of topics, this one is not near: all of it is asked for at once. */
static inline void expect_topic(const bourse__topic *topic) {
  for (size_t at = 64; at < sizeof *topic; at += 64) bourse__expect((const char *)topic + at);
}

bourse__topic *bourse__topic_find(bourse__link *link, const bourse_channel *channel, const char *id, size_t id_length,
                                  const char *qualifier, size_t qualifier_length) {
  bourse__topic **recent = bourse__topic_recent(link, channel), *topic = *recent;
  if (topic != NULL && bourse__topic_is(topic, channel, id, id_length, qualifier, qualifier_length)) return topic;
  uint64_t hash = hash_of(link, channel, id, id_length, qualifier, qualifier_length);
  topic = link->slots[hash & link->slot_mask];
  if (topic != NULL) expect_topic(topic);
  while (topic != NULL &&
         !(topic->hash == hash && bourse__topic_is(topic, channel, id, id_length, qualifier, qualifier_length)))
    topic = topic->next_in_slot;
  if (topic == NULL) return NULL;
  if (topic->keeper != NULL) bourse__keeper_expect(topic->keeper);
  bourse__expect(topic->subs);
  return *recent = topic;
}

static int32_t grow_table(bourse__link *link) {
  uint32_t mask = link->slot_mask * 2 + 1;
  bourse__topic **slots = bourse__alloc(&link->context->allocator, ((size_t)mask + 1) * sizeof *slots);
  if (slots == NULL) return 0;
  for (bourse__topic *topic = link->first; topic != NULL; topic = topic->next) {
    topic->next_in_slot = slots[topic->hash & mask];
    slots[topic->hash & mask] = topic;
  }
  bourse__release(&link->context->allocator, link->slots);
  link->slots = slots;
  link->slot_mask = mask;
  return 1;
}

int32_t bourse__topic_insert(bourse__link *link, bourse__topic *topic) {
  if (link->topic_count > link->slot_mask && !grow_table(link)) return 0;
  topic->link = link;
  topic->id_length = strlen(topic->seen.id);
  topic->qualifier_length = strlen(topic->seen.qualifier);
  topic->hash = hash_of(link, topic->seen.channel, topic->seen.id, topic->id_length, topic->seen.qualifier,
                        topic->qualifier_length);
  topic->next_in_slot = link->slots[topic->hash & link->slot_mask];
  link->slots[topic->hash & link->slot_mask] = topic;
  topic->next = NULL;
  topic->previous = link->last;
  if (link->last != NULL)
    link->last->next = topic;
  else
    link->first = topic;
  link->last = topic;
  link->topic_count++;
  return 1;
}

void bourse__topic_remove(bourse__topic *topic) {
  bourse__link *link = topic->link;
  bourse__topic **slot = &link->slots[topic->hash & link->slot_mask];
  while (*slot != topic) slot = &(*slot)->next_in_slot;
  *slot = topic->next_in_slot;
  if (*bourse__topic_recent(link, topic->seen.channel) == topic) *bourse__topic_recent(link, topic->seen.channel) = NULL;
  if (topic->previous != NULL)
    topic->previous->next = topic->next;
  else
    link->first = topic->next;
  if (topic->next != NULL)
    topic->next->previous = topic->previous;
  else
    link->last = topic->previous;
  topic->next = topic->previous = topic->next_in_slot = NULL;
  link->topic_count--;
}

/* --- Making and ending --- */

/* The book's subscription is made again, so that its state is sent again. */
static void begin_anew(bourse__topic *topic) {
  bourse__timer_clear(topic->link->context->loop, &topic->again);
  topic->resubscribe = 1;
  topic->phase = BOURSE__TOPIC_LEAVING;
  bourse__link_pump(topic->link);
}

static void on_again(bourse__timer *timer) {
  bourse__topic *topic = timer->user_data;
  bourse_context *context = topic->link->context;
  bourse__streams_enter(context);
  if (topic->asks_again && topic->phase == BOURSE__TOPIC_ACTIVE)
    bourse__reconcile_again(topic);
  else if (topic->keeper == NULL || topic->phase != BOURSE__TOPIC_ACTIVE)
    bourse__link_pump(topic->link);
  else if (topic->seen.channel->source == BOURSE_BOOK_FROM_REST)
    bourse__topic_want_snapshot(topic);
  else if (bourse__keeper_state(topic->keeper) != BOURSE__BOOK_LIVE)
    begin_anew(topic); /* changes come, and the state that they change never did */
  bourse__streams_exit(context);
}

int32_t bourse__topic_make_keeper(bourse__topic *topic, uint32_t price_decimals, uint32_t amount_decimals) {
  const bourse_channel *channel = topic->seen.channel;
  bourse__keeper_options options = {.proof = channel->proof,
                                    .source = channel->source,
                                    .depth = topic->seen.keep_depth,
                                    .price_decimals = price_decimals,
                                    .amount_decimals = amount_decimals};
  bourse__keeper *keeper;
  if (bourse__keeper_new(&keeper, &topic->link->context->allocator, &options) != BOURSE_OK) return 0;
  bourse__keeper_free(topic->keeper);
  topic->keeper = keeper;
  return 1;
}

static int32_t make_keeper(bourse__topic *topic) {
  const bourse_market *market = topic->seen.market;
  return bourse__topic_make_keeper(topic, market == NULL ? 0 : bourse__decimals_of(&market->price_tick),
                                   market == NULL ? 0 : bourse__decimals_of(&market->amount_step));
}

static const char *keep_text(bourse_arena *arena, const char *text) {
  return text == NULL ? "" : bourse_arena_copy(arena, text, strlen(text));
}

bourse__topic *bourse__topic_new(bourse__link *link, const bourse_topic *seen, bourse__markets *markets) {
  const bourse_allocator *allocator = &link->context->allocator;
  bourse__topic *topic = bourse__alloc(allocator, sizeof *topic);
  if (topic == NULL) return NULL;
  topic->seen = *seen;
  topic->link = link;
  topic->arena = bourse__arena_new(allocator, 256);
  if (topic->arena != NULL) {
    topic->seen.id = keep_text(topic->arena, seen->id);
    topic->seen.qualifier = keep_text(topic->arena, seen->qualifier);
    topic->seen.name = keep_text(topic->arena, seen->name);
  }
  topic->phase = BOURSE__TOPIC_WANTED;
  topic->state = BOURSE_STREAM_CONNECTING;
  topic->again = (bourse__timer){.callback = on_again, .user_data = topic};
  int32_t well = topic->arena != NULL && topic->seen.id != NULL && topic->seen.qualifier != NULL &&
                 topic->seen.name != NULL && (seen->operation != BOURSE_OP_WATCH_ORDER_BOOK || make_keeper(topic));
  if (!well || !bourse__topic_insert(link, topic)) {
    bourse__topic_free(topic);
    return NULL;
  }
  if (markets != NULL) topic->markets = bourse__markets_keep(markets);
  return topic;
}

void bourse__topic_free(bourse__topic *topic) {
  if (topic == NULL) return;
  const bourse_allocator allocator = topic->link->context->allocator;
  bourse__timer_clear(topic->link->context->loop, &topic->again);
  if (topic->request != NULL) {
    topic->request->owner = NULL;
    topic->request->done = NULL;
  }
  bourse__keeper_free(topic->keeper);
  bourse__known_free(topic->known);
  if (topic->markets != NULL) bourse__markets_drop(topic->markets);
  bourse__arena_free(topic->arena);
  bourse__release(&allocator, topic);
}

/* --- States --- */

void bourse__topic_set_state(bourse__topic *topic, int32_t state) {
  if (topic->state == state) return;
  topic->state = state;
  for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
    if (!sub->dead) bourse__stream_sub_state(sub, state);
}

void bourse__topic_activated(bourse__topic *topic) {
  if (topic->phase == BOURSE__TOPIC_ACTIVE) return;
  int32_t first = topic->tries == 0 && topic->broken_utc_ns == 0;
  topic->phase = BOURSE__TOPIC_ACTIVE;
  topic->heard_ns = now_of(topic->link);
  topic->link->doubted = 0;
  for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
    sub->stream->counters[BOURSE__STREAM_COUNT_CONNECTS] += !first;
  if (topic->keeper != NULL) {
    if (bourse__keeper_state(topic->keeper) == BOURSE__BOOK_LIVE) return; /* taken over from a connection renewed */
    bourse__topic_set_state(topic, BOURSE_STREAM_SYNCING);
    bourse__topic_want_snapshot(topic);
    return;
  }
  if (topic->state == BOURSE_STREAM_LIVE) return;
  if ((topic->seen.channel->flags & BOURSE_CHANNEL_ACCOUNT) != 0 && !topic->link->replaying) {
    bourse__topic_set_state(topic, BOURSE_STREAM_SYNCING);
    bourse__reconcile(topic);
    return;
  }
  bourse__topic_set_state(topic, BOURSE_STREAM_LIVE);
}

void bourse__topic_lost(bourse__topic *topic, int64_t now_utc_ns) {
  if (topic->keeper != NULL) bourse__keeper_break(topic->keeper);
  if (topic->candle != NULL) topic->candle->time_ns = 0; /* how it ended was not seen */
  topic->phase = BOURSE__TOPIC_WANTED;
  topic->asked_ns = 0;
  topic->message_id = 0;
  if (topic->broken_utc_ns == 0 || topic->state == BOURSE_STREAM_LIVE) topic->broken_utc_ns = now_utc_ns;
  if (topic->request != NULL) {
    topic->request->owner = NULL;
    topic->request->done = NULL;
    topic->request = NULL;
  }
  bourse__timer_clear(topic->link->context->loop, &topic->again);
  if (topic->state != BOURSE_STREAM_CONNECTING) bourse__topic_set_state(topic, BOURSE_STREAM_STALE);
}

void bourse__topic_refused(bourse__topic *topic, const bourse__failure *failure) {
  topic->dead = 1;
  topic->link->context->streams_dirty = 1;
  for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic) {
    if (sub->dead) continue;
    bourse__stream_error(sub->stream, sub, failure);
    bourse__stream_sub_state(sub, BOURSE_STREAM_CLOSED);
    sub->topic = NULL;
  }
  topic->subs = NULL;
}

/* --- Subscribing --- */

/* Another topic of the same subscription at the exchange, in one of two phases; NULL: none. */
static bourse__topic *sibling(const bourse__topic *topic, int32_t phase, int32_t other_phase) {
  uint8_t group = topic->seen.channel->group;
  if (group == 0) return NULL;
  for (bourse__topic *other = topic->link->first; other != NULL; other = other->next)
    if (other != topic && other->seen.channel->group == group && strcmp(other->seen.id, topic->seen.id) == 0 &&
        !other->dead && (other->phase == phase || other->phase == other_phase))
      return other;
  return NULL;
}

/* 1 when nothing has to be sent for it. */
static int32_t settle_without_message(bourse__topic *topic) {
  const bourse__topic *other;
  if (topic->phase == BOURSE__TOPIC_LEAVING) {
    return (topic->seen.channel->flags & BOURSE_CHANNEL_IMPLICIT) != 0 ||
           (!topic->resubscribe && sibling(topic, BOURSE__TOPIC_ACTIVE, BOURSE__TOPIC_ASKED) != NULL);
  }
  if ((topic->seen.channel->flags & BOURSE_CHANNEL_IMPLICIT) != 0) {
    bourse__topic_activated(topic);
    return 1;
  }
  other = sibling(topic, BOURSE__TOPIC_ACTIVE, BOURSE__TOPIC_ASKED);
  if (other == NULL) return 0;
  if (other->phase == BOURSE__TOPIC_ACTIVE) {
    bourse__topic_activated(topic);
  } else {
    topic->phase = BOURSE__TOPIC_ASKED;
    topic->message_id = other->message_id;
    topic->asked_ns = other->asked_ns;
  }
  return 1;
}

static int32_t goes_with(const bourse__topic *a, const bourse__topic *b) {
  if (a->phase != b->phase) return 0;
  if ((a->link->seen.socket->flags & BOURSE_SOCKET_MIXED) != 0) return 1;
  return a->seen.channel == b->seen.channel && a->seen.depth == b->seen.depth && a->seen.native == b->seen.native &&
         strcmp(a->seen.qualifier, b->seen.qualifier) == 0;
}

/* How long until one more message may be sent; 0: now. */
static int64_t pace_wait_ns(bourse__link *link) {
  const bourse_socket *socket = link->seen.socket;
  const bourse__pace *pace = bourse__link_sends(link);
  if (socket->sends_max == 0 || pace->count < socket->sends_max) return 0;
  int64_t left = pace->since_ns + socket->sends_interval_ns - now_of(link);
  return left > 0 ? left : 0;
}

/* A topic that has left: gone, or wanted again. */
static void left(bourse__topic *topic) {
  if (topic->resubscribe) {
    topic->resubscribe = 0;
    topic->phase = BOURSE__TOPIC_WANTED;
    topic->asked_ns = 0;
    if (topic->keeper != NULL) bourse__keeper_restart(topic->keeper);
    return;
  }
  topic->dead = 1;
  topic->link->context->streams_dirty = 1;
}

#define BATCH_MAX 256

static void send_batch(bourse__link *link, bourse__topic **batch, uint32_t count) {
  const bourse_topic *seen[BATCH_MAX];
  bourse_text text;
  int32_t on = batch[0]->phase == BOURSE__TOPIC_WANTED;
  int64_t id = ++link->last_id;
  for (uint32_t i = 0; i < count; i++) seen[i] = &batch[i]->seen;
  bourse__link_prepare(link);
  bourse_text_init(&text, link->seen.arena);
  int32_t code = link->seen.adapter->stream->subscribe(&link->seen, on, seen, count, id, &text);
  if (code == BOURSE_OK && bourse_text_finish(&text) == NULL) code = BOURSE_ERROR_MEMORY;
  if (code == BOURSE_OK && text.length > 0) code = bourse__link_write(link, text.data, text.length);
  if (code == BOURSE_ERROR_QUEUE_FULL || code == BOURSE_ERROR_MEMORY || code == BOURSE_ERROR_STATE) {
    bourse__link_broken(link, code, "a subscription could not be sent", 0);
    return;
  }
  bourse__failure failure;
  if (code != BOURSE_OK) {
    bourse__failure_clear(&failure);
    failure.error.exchange = link->seen.adapter->name;
    bourse__failure_set(&failure, code, NULL, "%s: the subscription could not be written", link->seen.socket->name);
  }
  for (uint32_t i = 0; i < count; i++) {
    bourse__topic *topic = batch[i];
    if (code != BOURSE_OK) {
      bourse__topic_refused(topic, &failure);
    } else if (!on) {
      left(topic);
    } else {
      topic->phase = BOURSE__TOPIC_ASKED;
      topic->message_id = id;
      topic->asked_ns = now_of(link);
      if (topic->keeper != NULL && bourse__keeper_state(topic->keeper) != BOURSE__BOOK_LIVE)
        bourse__keeper_restart(topic->keeper);
      if (topic->state != BOURSE_STREAM_LIVE) bourse__topic_set_state(topic, BOURSE_STREAM_SYNCING);
      if ((topic->seen.channel->flags & BOURSE_CHANNEL_SILENT) != 0) bourse__topic_activated(topic);
    }
  }
}

/* The next topics that one message can carry; 0: nothing is left to send. */
static uint32_t next_batch(bourse__link *link, bourse__topic **batch) {
  uint32_t most = link->seen.socket->batch_max == 0 ? 1 : link->seen.socket->batch_max, count = 0;
  if (most > BATCH_MAX) most = BATCH_MAX;
  /* What leaves goes first: it makes room, and a topic may come back at once. */
  for (int32_t phase = BOURSE__TOPIC_LEAVING; count == 0 && phase != 0;
       phase = phase == BOURSE__TOPIC_LEAVING ? BOURSE__TOPIC_WANTED : 0)
    for (bourse__topic *topic = link->first, *next; topic != NULL && count < most; topic = next) {
      next = topic->next;
      if (topic->phase != phase || topic->dead || bourse__timer_is_set(&topic->again)) continue;
      if (settle_without_message(topic)) {
        if (topic->phase == BOURSE__TOPIC_LEAVING) left(topic);
        continue;
      }
      if (count > 0 && !goes_with(batch[0], topic)) continue;
      int32_t grouped = 0; /* the other one of its group in this message speaks for it */
      for (uint32_t i = 0; i < count; i++)
        grouped |= topic->seen.channel->group != 0 && batch[i]->seen.channel->group == topic->seen.channel->group &&
                   strcmp(batch[i]->seen.id, topic->seen.id) == 0;
      if (!grouped) batch[count++] = topic;
    }
  return count;
}

void bourse__link_pump(bourse__link *link) {
  bourse__topic *batch[BATCH_MAX];
  if (link->dead || link->phase != BOURSE__LINK_READY || link->replaying) return;
  while (link->phase == BOURSE__LINK_READY && !link->dead) {
    int64_t wait = pace_wait_ns(link);
    if (wait > 0) {
      if (!bourse__timer_is_set(&link->pace)) bourse__timer_set(link->context->loop, &link->pace, now_of(link) + wait);
      return;
    }
    uint32_t count = next_batch(link, batch);
    if (count == 0) return;
    send_batch(link, batch, count);
  }
}

static void refuse(bourse__topic *topic, const bourse_ack *ack) {
  bourse__link *link = topic->link;
  bourse__failure failure;
  if (bourse__link_judge(link, ack->code) == BOURSE_ERROR_TIMESTAMP) {
    bourse__link_forget_clock(link);
    bourse__link_broken(link, BOURSE_ERROR_TIMESTAMP, "the exchange refused the time of a subscription", 0);
    return;
  }
  if (ack->code == BOURSE_ERROR_RATE_LIMITED || ack->code == BOURSE_ERROR_UNAVAILABLE ||
      ack->code == BOURSE_ERROR_OVERLOADED || ack->code == BOURSE_ERROR_MAINTENANCE) {
    topic->phase = BOURSE__TOPIC_WANTED;
    topic->asked_ns = 0;
    bourse__timer_set(link->context->loop, &topic->again,
                      now_of(link) + 1000 * MS +
                          bourse__retry_delay_ns(topic->tries++, 1000 * MS, 60000 * MS, 0, &link->context->random));
    return;
  }
  bourse__failure_clear(&failure);
  failure.error.exchange = link->seen.adapter->name;
  failure.error.operation = bourse_operation_name(topic->seen.operation);
  bourse__failure_set(
      &failure, ack->code, NULL, "%s refused to stream %s of %s: %s", link->seen.adapter->title,
      topic->seen.channel->name,
      topic->seen.market != NULL && topic->seen.market->symbol != NULL ? topic->seen.market->symbol : "the account",
      bourse_error_text(ack->code));
  bourse__copy_text(failure.exchange_code, sizeof failure.exchange_code,
                    ack->exchange_code.data == NULL ? "" : ack->exchange_code.data, ack->exchange_code.length);
  bourse__copy_text(failure.exchange_message, sizeof failure.exchange_message,
                    ack->exchange_message.data == NULL ? "" : ack->exchange_message.data, ack->exchange_message.length);
  bourse__topic_refused(topic, &failure);
}

void bourse_emit_ack(bourse_link *seen, const bourse_ack *ack) {
  bourse__link *link = (bourse__link *)seen;
  if (link->dead || ack->off > 0) return;
  int64_t id = ack->id;
  if (id == 0 && ack->topic != NULL) {
    const bourse__topic *named = (const bourse__topic *)ack->topic;
    if (named->phase != BOURSE__TOPIC_ASKED) return;
  }
  for (bourse__topic *topic = link->first, *next; topic != NULL; topic = next) {
    next = topic->next;
    if (topic->phase != BOURSE__TOPIC_ASKED || topic->dead) continue;
    if (id != 0 && topic->message_id != id) continue;
    int32_t same = ack->topic == NULL || ack->topic == &topic->seen ||
                   (topic->seen.channel->group != 0 && ack->topic->channel->group == topic->seen.channel->group &&
                    strcmp(ack->topic->id, topic->seen.id) == 0);
    if (!same || (id == 0 && ack->topic == NULL)) continue;
    if (ack->code == BOURSE_OK)
      bourse__topic_activated(topic);
    else
      refuse(topic, ack);
  }
}

/* --- Books --- */

static void on_snapshot(bourse__running *running, int32_t code) {
  bourse__topic *topic = running->owner;
  if (topic == NULL) return;
  bourse__link *link = topic->link;
  bourse_context *context = link->context;
  bourse__streams_enter(context);
  topic->request = NULL;
  const bourse_order_book *book = code == BOURSE_OK ? bourse_result_order_book(running->result, 0) : NULL;
  if (book != NULL) {
    bourse_book_update update = {.snapshot = BOURSE_YES,
                                 .bid_count = book->bid_count,
                                 .ask_count = book->ask_count,
                                 .time_ns = book->time_ns,
                                 .first = BOURSE_NO_SEQUENCE,
                                 .last = book->sequence,
                                 .previous = BOURSE_NO_SEQUENCE,
                                 .bids = book->bids,
                                 .asks = book->asks};
    bourse__topic_book(topic, &update, 1);
  } else if (code <= -400 && code > -500 && code != BOURSE_ERROR_TIMESTAMP) {
    bourse__topic_refused(topic, &running->failure);
  }
  if (!topic->dead && topic->request == NULL && bourse__keeper_wants_snapshot(topic->keeper))
    bourse__timer_set(
        context->loop, &topic->again,
        now_of(link) + bourse__retry_delay_ns(topic->tries++, SNAPSHOT_BASE_NS, SNAPSHOT_CAP_NS,
                                              running->failure.error.retry_after_ms * MS, &context->random));
  bourse__streams_exit(context);
}

void bourse__topic_want_snapshot(bourse__topic *topic) {
  bourse__link *link = topic->link;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_ORDER_BOOK);
  bourse__running *running;
  bourse__failure failure;
  if (topic->request != NULL || topic->dead || link->replaying || bourse__timer_is_set(&topic->again) ||
      !bourse__keeper_wants_snapshot(topic->keeper))
    return;
  request.symbol = topic->seen.market->symbol;
  request.product = topic->seen.product;
  request.limit = topic->seen.depth;
  bourse__failure_clear(&failure);
  if (bourse__running_new(&running, link->exchange, &request, 1, &failure) != BOURSE_OK) {
    bourse__timer_set(link->context->loop, &topic->again, now_of(link) + SNAPSHOT_CAP_NS);
    return;
  }
  running->done = on_snapshot;
  running->owner = topic;
  topic->request = running;
  bourse__running_advance(running);
}

static void tell_gap(bourse__topic *topic, const bourse__gap *gap) {
  topic->link->context->metrics[BOURSE__METRIC_GAPS]++;
  for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic) {
    if (sub->dead) continue;
    bourse_stream_event event = {
        .kind = BOURSE_STREAM_GAP,
        .state = BOURSE_STREAM_STALE,
        .gap_kind = gap->kind,
        .gap_expected = gap->kind == BOURSE__GAP_CHECKSUM ? gap->checksum_expected : gap->expected,
        .gap_found = gap->kind == BOURSE__GAP_CHECKSUM ? gap->checksum_found : gap->found,
        .received_ns = topic->link->seen.received_ns};
    sub->stream->counters[BOURSE__STREAM_COUNT_GAPS]++;
    bourse__stream_deliver(sub->stream, sub, &event, NULL);
  }
}

/* Proof failed: this one book is begun anew. */
static void repair(bourse__topic *topic, const bourse__gap *gap) {
  int32_t told = topic->state == BOURSE_STREAM_LIVE || topic->state == BOURSE_STREAM_SYNCING;
  bourse__topic_set_state(topic, BOURSE_STREAM_STALE);
  if (told) tell_gap(topic, gap);
  if (topic->dead || topic->link->dead) return;
  if (topic->seen.channel->source == BOURSE_BOOK_FROM_REST) {
    bourse__topic_want_snapshot(topic);
    return;
  }
  if (topic->link->replaying) return; /* the recording holds the repair, or does not */
  begin_anew(topic);
}

/* A change came, and there is no state yet for it to change. One by request is asked for; one from the channel is waited for. */
static void want_state(bourse__topic *topic) {
  bourse__link *link = topic->link;
  if (topic->seen.channel->source == BOURSE_BOOK_FROM_REST)
    bourse__topic_want_snapshot(topic);
  else if (bourse__keeper_state(topic->keeper) != BOURSE__BOOK_LIVE && !link->replaying && !bourse__timer_is_set(&topic->again))
    bourse__timer_set(link->context->loop, &topic->again, now_of(link) + SNAPSHOT_CAP_NS);
}

static void tell_book(bourse__topic *topic, const bourse_book_update *update) {
  const bourse_market *market = topic->seen.market;
  bourse_order_book book = {.symbol = market == NULL ? NULL : market->symbol,
                            .id = market == NULL ? topic->seen.id : market->id,
                            .time_ns = update->time_ns,
                            .sequence = bourse__keeper_sequence(topic->keeper)};
  if (book.sequence == BOURSE_NO_SEQUENCE) book.sequence = 0;
  bourse__topic_tell_book(topic, &book, update->snapshot > 0 ? BOURSE_STREAM_SNAPSHOT : 0);
}

static int32_t is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Whether a text has the word in it, in letters of either size. `whole`: not as a part of a longer one. */
static int32_t has_word(const char *bytes, size_t length, const char *word, int32_t whole) {
  size_t size = strlen(word);
  for (size_t i = 0; size > 0 && i + size <= length; i++) {
    if (strncasecmp(bytes + i, word, size) != 0) continue;
    if (!whole || ((i == 0 || !is_of_word(bytes[i - 1])) && (i + size == length || !is_of_word(bytes[i + size]))))
      return 1;
  }
  return 0;
}

void bourse__topics_unread(bourse__link *link, const char *bytes, size_t length) {
  const bourse__gap gap = {.kind = BOURSE__GAP_MALFORMED};
  for (bourse__topic *topic = link->first, *next; topic != NULL && !link->dead; topic = next) {
    next = topic->next;
    if (topic->keeper == NULL || topic->dead || bourse__keeper_state(topic->keeper) != BOURSE__BOOK_LIVE ||
        !has_word(bytes, length, topic->seen.channel->name, 0) || !has_word(bytes, length, topic->seen.id, 1))
      continue;
    bourse__keeper_break(topic->keeper);
    repair(topic, &gap);
  }
}

void bourse_emit_missed(bourse_link *seen, int64_t expected, int64_t found) {
  bourse__link *link = (bourse__link *)seen;
  const bourse__gap gap = {.kind = BOURSE__GAP_SEQUENCE, .expected = expected, .found = found};
  for (bourse__topic *topic = link->first, *next; topic != NULL && !link->dead; topic = next) {
    next = topic->next;
    if (topic->dead || topic->phase == BOURSE__TOPIC_LEAVING) continue;
    if (topic->keeper != NULL && bourse__keeper_state(topic->keeper) == BOURSE__BOOK_LIVE) {
      bourse__keeper_break(topic->keeper);
      repair(topic, &gap);
    } else if ((topic->seen.channel->flags & BOURSE_CHANNEL_ACCOUNT) != 0 && topic->state == BOURSE_STREAM_LIVE &&
               !link->replaying) {
      bourse__topic_set_state(topic, BOURSE_STREAM_STALE);
      bourse__reconcile_soon(topic);
    }
  }
}

void bourse_emit_news(bourse_link *seen, bourse_topic *seen_topic) {
  (void)seen;
  bourse__reconcile_soon((bourse__topic *)seen_topic);
}

void bourse__topic_book(bourse__topic *topic, const bourse_book_update *update, int32_t fetched) {
  bourse__gap gap;
  memset(&gap, 0, sizeof gap);
  int32_t before = bourse__keeper_state(topic->keeper);
  int32_t code = fetched ? bourse__keeper_snapshot(topic->keeper, update, &gap)
                         : bourse__keeper_message(topic->keeper, update, &gap);
  topic->heard_ns = fetched ? now_of(topic->link) : topic->link->heard_ns;
  if (topic->phase == BOURSE__TOPIC_ASKED) bourse__topic_activated(topic);
  switch (code) {
    case BOURSE__KEEPER_APPLIED:
      if (before != BOURSE__BOOK_LIVE || topic->state != BOURSE_STREAM_LIVE) {
        for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
          sub->stream->counters[BOURSE__STREAM_COUNT_REPAIRS] += topic->state == BOURSE_STREAM_STALE;
        topic->tries = 0;
        bourse__topic_set_state(topic, BOURSE_STREAM_LIVE);
      }
      if (!topic->dead) tell_book(topic, update);
      break;
    case BOURSE__KEEPER_GAP: repair(topic, &gap); break;
    case BOURSE__KEEPER_HELD:
      if (topic->state == BOURSE_STREAM_LIVE) bourse__topic_set_state(topic, BOURSE_STREAM_SYNCING);
      bourse__topic_want_snapshot(topic);
      break;
    case BOURSE__KEEPER_IGNORED: want_state(topic); break;
    default: /* memory */
      gap.kind = BOURSE__GAP_OVERFLOW;
      repair(topic, &gap);
      break;
  }
}
