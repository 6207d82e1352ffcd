/* api/emit.c - what stream adapters call while they set up a watch and read messages. The contract is bourse/sys/stream.h. */
#include <bourse/sys/adapter.h>

#include <stdio.h>
#include <string.h>

#include "api/journal.h"
#include "api/rails.h"
#include "api/streaming.h"
#include "core/decode.h"

#define COPIED_MAX 2048 /* of longer messages the ends do not matter */

/* --- Choosing --- */

int32_t bourse_watch_fail(bourse_watch_call *call, int32_t code, const char *field, const char *message, ...) {
  va_list list;
  va_start(list, message);
  bourse__failure_set_v(call->failure, code, field, message, list);
  va_end(list);
  return code;
}

const bourse_channel *bourse_find_channel(const bourse_adapter *adapter, int32_t operation, uint32_t products, uint32_t variant) {
  for (uint32_t i = 0; adapter->stream != NULL && i < adapter->stream->channel_count; i++) {
    const bourse_channel *channel = &adapter->stream->channels[i];
    if (channel->operation == operation && (channel->products & products) != 0 && channel->variant == variant) return channel;
  }
  return NULL;
}

uint32_t bourse_watch_for(const bourse_watch_call *call) {
  bourse_call same = {.product = call->product, .margin_mode = call->margin_mode};
  return bourse_call_for(&same);
}

/* --- Finding --- */

/* In a replay topics come into being as messages name them. */
static bourse__topic *make_topic(bourse__link *link, const bourse_channel *channel, bourse_slice id, bourse_slice qualifier) {
  bourse_arena *arena = link->seen.arena;
  bourse_topic seen = {.channel = channel, .operation = channel->operation, .product = link->seen.product};
  seen.id = bourse_arena_copy(arena, id.data == NULL ? "" : id.data, id.length);
  seen.qualifier = bourse_arena_copy(arena, qualifier.data == NULL ? "" : qualifier.data, qualifier.length);
  seen.name = "";
  if (seen.id == NULL || seen.qualifier == NULL) return NULL;
  bourse__markets_slot *slot = bourse__markets_slot_of(link->exchange, link->seen.product);
  bourse__markets *markets = slot == NULL ? NULL : slot->markets;
  if (markets != NULL && id.length > 0) {
    seen.market = bourse__markets_by_id(markets, id.data, id.length);
    if (seen.market == NULL) seen.market = bourse__markets_by_symbol(markets, id.data, id.length);
  }
  bourse__replay_fill(link, &seen, 0);
  bourse__topic *topic = bourse__topic_new(link, &seen, seen.market != NULL ? markets : NULL);
  if (topic != NULL) bourse__replay_adopt(link->replay, topic);
  return topic;
}

static bourse_topic *find_topic(bourse__link *link, const bourse_channel *channel, bourse_slice id, bourse_slice qualifier) {
  const char *id_data = id.data == NULL ? "" : id.data, *qualifier_data = qualifier.data == NULL ? "" : qualifier.data;
  bourse__topic *topic = bourse__topic_find(link, channel, id_data, id.length, qualifier_data, qualifier.length);
  if (topic == NULL && link->successor != NULL && !link->successor->dead) {
    topic = bourse__topic_find(link->successor, channel, id_data, id.length, qualifier_data, qualifier.length);
    if (topic != NULL && topic->phase == BOURSE__TOPIC_ACTIVE) topic = NULL; /* served by the new connection now */
  }
  if (topic == NULL && link->replaying) topic = make_topic(link, channel, id, qualifier);
  if (topic == NULL || topic->dead || topic->phase == BOURSE__TOPIC_LEAVING) return NULL;
  return &topic->seen;
}

bourse_topic *bourse_link_topic(bourse_link *seen, const bourse_channel *channel, bourse_slice id, bourse_slice qualifier) {
  bourse__link *link = (bourse__link *)seen;
  bourse__topic *topic = *bourse__topic_recent(link, channel);
  if (topic != NULL && bourse__topic_is(topic, channel, id.data, id.length, qualifier.data, qualifier.length) && !topic->dead &&
      topic->phase != BOURSE__TOPIC_LEAVING)
    return &topic->seen;
  return find_topic(link, channel, id, qualifier);
}

static const bourse_market *find_market(bourse_link *seen, int32_t product, bourse_slice text, int32_t by_symbol) {
  bourse__link *link = (bourse__link *)seen;
  if (link->exchange == NULL || text.data == NULL) return NULL;
  bourse__markets_slot *slot = bourse__markets_slot_of(link->exchange, product);
  if (slot == NULL || slot->markets == NULL) return NULL;
  return by_symbol ? bourse__markets_by_symbol(slot->markets, text.data, text.length)
                   : bourse__markets_by_id(slot->markets, text.data, text.length);
}

const bourse_market *bourse_link_market(bourse_link *link, int32_t product, bourse_slice id) {
  return find_market(link, product, id, 0);
}

const bourse_market *bourse_link_market_by_symbol(bourse_link *link, int32_t product, bourse_slice symbol) {
  return find_market(link, product, symbol, 1);
}

/* --- Reading --- */

void bourse_link_decode(bourse_link *link, bourse_decoder *decoder, const char *bytes, size_t length) {
  bourse_decode_init(decoder, link->arena, bytes, length, link);
}

void bourse_link_decode_copy(bourse_link *link, bourse_decoder *decoder, const char *bytes, size_t length) {
  if (length > COPIED_MAX || !bourse__decode_init_padded(decoder, link->arena, bytes, length, link))
    bourse_decode_init(decoder, link->arena, bytes, length, link);
}

int32_t bourse_link_decoded(bourse_link *seen, bourse_decoder *decoder) {
  bourse__link *link = (bourse__link *)seen;
  int32_t code = bourse_decode_finish(decoder);
  if (code == BOURSE_OK) return BOURSE_OK;
  snprintf(link->trouble, sizeof link->trouble, "%s", decoder->error_text[0] != '\0' ? decoder->error_text
                                                      : decoder->json.error != NULL  ? decoder->json.error
                                                                                     : "malformed");
  return code == BOURSE_ERROR_MEMORY ? code : BOURSE_ERROR_BAD_REPLY;
}

int32_t bourse_link_unknown(bourse_link *seen, const char *what) {
  bourse__link *link = (bourse__link *)seen;
  if (link->trouble[0] == '\0') snprintf(link->trouble, sizeof link->trouble, "%s", what);
  return BOURSE_ERROR_BAD_REPLY;
}

/* --- Handing on --- */

/* Offset of the symbol in records that have one, or -1. */
static int32_t symbol_offset(int32_t kind) {
  switch (kind) {
    case BOURSE_KIND_TICKER: return offsetof(bourse_ticker, symbol);
    case BOURSE_KIND_TRADE: return offsetof(bourse_trade, symbol);
    case BOURSE_KIND_ORDER: return offsetof(bourse_order, symbol);
    case BOURSE_KIND_FILL: return offsetof(bourse_fill, symbol);
    case BOURSE_KIND_POSITION: return offsetof(bourse_position, symbol);
    case BOURSE_KIND_ORDER_BOOK: return offsetof(bourse_order_book, symbol);
    default: return -1;
  }
}

static int32_t is_wanted(const bourse_stream *stream, const char *record, int32_t offset) {
  const char *symbol;
  memcpy(&symbol, record + offset, sizeof symbol);
  for (uint32_t i = 0; symbol != NULL && i < stream->filter_count; i++)
    if (strcmp(stream->filter[i], symbol) == 0) return 1;
  return 0;
}

/* The records that a stream of some symbols wants, out of all. */
static const void *filter(bourse__link *link, const bourse_stream *stream, int32_t kind, const char *records, uint32_t size,
                          uint32_t *count) {
  int32_t offset = symbol_offset(kind);
  uint32_t kept = 0;
  if (offset < 0) return records;
  char *copy = NULL;
  for (uint32_t i = 0; i < *count; i++) {
    const char *record = records + (size_t)i * size;
    if (!is_wanted(stream, record, offset)) continue;
    if (copy == NULL) copy = bourse_arena_alloc(link->seen.arena, (size_t)*count * size);
    if (copy == NULL) break;
    memcpy(copy + (size_t)kept++ * size, record, size);
  }
  *count = kept;
  return copy;
}

SCAN_INLINE void hand_on(bourse__topic *topic, bourse__sub *sub, int32_t kind, const void *records, uint32_t size, uint32_t count,
                         int64_t time_ns, uint32_t flags) {
  bourse__link *link = topic->link;
  bourse_stream *stream = sub->stream;
  if (stream->filter_count > 0 && topic->seen.market == NULL) records = filter(link, stream, kind, records, size, &count);
  if (count == 0 || records == NULL) {
    if ((flags & BOURSE_STREAM_SNAPSHOT) == 0) return;
    count = 0; /* an empty whole state is news too */
  }
  bourse_stream_event event = {.kind = BOURSE_STREAM_DATA,
                               .state = topic->state,
                               .record_kind = kind,
                               .records = records,
                               .record_size = size,
                               .count = count,
                               .flags = flags,
                               .time_ns = time_ns,
                               .received_ns = link->seen.received_ns};
  stream->counters[BOURSE__STREAM_COUNT_RECORDS] += count;
  bourse__stream_deliver(stream, sub, &event, NULL);
}

SCAN_INLINE void hand_on_all(bourse__topic *topic, int32_t kind, const void *records, uint32_t size, uint32_t count,
                             int64_t time_ns, uint32_t flags) {
  const bourse__link *link = topic->link;
  for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
    if (!sub->dead) hand_on(topic, sub, kind, records, size, count, time_ns, flags);
  if (link->replaying) bourse__replay_count(link->replay, kind, count);
}

/* Candles of one message, oldest first, with the one before them once more when they show that it is closed. */
static const void *close_candle(bourse__topic *topic, const bourse_candle *candles, uint32_t *count, uint32_t flags) {
  bourse_candle *last = topic->candle;
  if (*count == 0) return candles;
  if (last == NULL) last = topic->candle = bourse_arena_alloc(topic->arena, sizeof *last);
  if (last == NULL) return candles;
  const bourse_candle *all = candles;
  /* A whole state has the closed ones in it. */
  if ((flags & BOURSE_STREAM_SNAPSHOT) == 0 && last->time_ns != 0 && candles[0].time_ns > last->time_ns) {
    bourse_candle *longer = bourse_arena_alloc(topic->link->seen.arena, ((size_t)*count + 1) * sizeof *longer);
    if (longer == NULL) return candles;
    longer[0] = *last;
    longer[0].closed = BOURSE_YES;
    memcpy(longer + 1, candles, *count * sizeof *longer);
    all = longer;
  }
  if (candles[*count - 1].time_ns >= last->time_ns) *last = candles[*count - 1];
  *count += all != candles;
  return all;
}

/* Tickers that tell only what changed, each with what was known before. Names are the market's, which outlives them. */
static void complete_tickers(bourse__topic *topic, const bourse_struct_info *info, bourse_ticker *tickers, uint32_t count,
                             uint32_t flags) {
  if (topic->ticker == NULL) topic->ticker = bourse_arena_alloc(topic->arena, sizeof *topic->ticker);
  if (topic->ticker == NULL) return;
  if ((flags & BOURSE_STREAM_SNAPSHOT) != 0) memset(topic->ticker, 0, sizeof *topic->ticker);
  for (uint32_t i = 0; i < count; i++) {
    bourse__record_merge(info, &tickers[i], topic->ticker);
    *topic->ticker = tickers[i];
    topic->ticker->symbol = topic->ticker->id = NULL;
  }
}

/* Records of which more is to be done than to hand them on. */
static inline int32_t is_special(const bourse__topic *topic, int32_t kind) {
  const uint32_t flags = BOURSE_CHANNEL_SPARSE | BOURSE_CHANNEL_ACCOUNT | BOURSE_CHANNEL_ROLLING;
  return (topic->seen.channel->flags & flags) != 0 || topic->known != NULL || kind == BOURSE_KIND_ORDER ||
         kind == BOURSE_KIND_FILL;
}

/* Merges them, and learns from them. 0: nothing is left to hand on. */
static int32_t look_into(bourse__topic *topic, const bourse_struct_info *info, const void **in_out_records,
                         uint32_t *in_out_count, uint32_t flags) {
  bourse__link *link = topic->link;
  const void *records = *in_out_records;
  const int32_t kind = info->kind;
  uint32_t count = *in_out_count;
  if (topic->known != NULL || (topic->seen.channel->flags & (BOURSE_CHANNEL_SPARSE | BOURSE_CHANNEL_ACCOUNT)) != 0) {
    void *copy = bourse_arena_alloc(link->seen.arena, (size_t)count * info->size + 1);
    if (copy == NULL) return 0;
    if (count > 0) memcpy(copy, records, (size_t)count * info->size);
    if (kind == BOURSE_KIND_ORDER && (flags & BOURSE_STREAM_SNAPSHOT) != 0) bourse__reconcile_open_orders(topic, copy, count);
    if (kind == BOURSE_KIND_TICKER) complete_tickers(topic, info, copy, count, flags);
    uint32_t left = kind == BOURSE_KIND_TICKER ? count : bourse__known_take(topic, kind, copy, count);
    if (left == 0 && count > 0) return 0; /* all of it was known */
    count = left;
    records = copy;
  }
  if (link->exchange != NULL && !link->replaying && link->exchange->journal != NULL)
    for (uint32_t i = 0; i < count && (kind == BOURSE_KIND_ORDER || kind == BOURSE_KIND_FILL); i++) {
      const char *record = (const char *)records + (size_t)i * info->size;
      if (kind == BOURSE_KIND_ORDER)
        bourse__journal_learn(link->exchange, (const bourse_order *)(const void *)record);
      else
        bourse__journal_learn_fill(link->exchange, (const bourse_fill *)(const void *)record);
    }
  if (kind == BOURSE_KIND_ORDER && !link->replaying)
    for (uint32_t i = 0; i < count; i++) {
      const bourse_order *order = (const bourse_order *)records + i;
      bourse__rails_learn(link->exchange, order, order->margin_mode);
    }
  if (kind == BOURSE_KIND_CANDLE && (topic->seen.channel->flags & BOURSE_CHANNEL_ROLLING) != 0)
    records = close_candle(topic, records, &count, flags);
  *in_out_records = records;
  *in_out_count = count;
  return 1;
}

void bourse_emit(bourse_link *seen, bourse_topic *seen_topic, int32_t kind, const void *records, uint32_t count,
                 int64_t time_ns, uint32_t flags) {
  bourse__topic *topic = (bourse__topic *)seen_topic;
  bourse__link *link = topic->link;
  const bourse_struct_info *info = bourse_schema_record(kind);
  (void)seen;
  if (topic->dead || link->dead || info == NULL) return;
  /* What was asked for by request did not come with the message heard last. */
  if ((flags & BOURSE_STREAM_RECONCILED) != 0) {
    topic->heard_ns = bourse__loop_monotonic_ns(link->context->loop);
  } else {
    topic->heard_ns = link->heard_ns;
    if (topic->phase == BOURSE__TOPIC_ASKED) bourse__topic_activated(topic);
  }
  if (is_special(topic, kind) && !look_into(topic, info, &records, &count, flags)) return;
  if (topic->state != BOURSE_STREAM_LIVE && topic->keeper == NULL && topic->phase == BOURSE__TOPIC_ACTIVE && topic->request == NULL &&
      !topic->asks_again)
    bourse__topic_set_state(topic, BOURSE_STREAM_LIVE);
  hand_on_all(topic, kind, records, info->size, count, time_ns, flags);
}

void bourse__topic_tell_book(bourse__topic *topic, const bourse_order_book *book, uint32_t flags) {
  if (topic->dead || topic->link->dead) return;
  hand_on_all(topic, BOURSE_KIND_ORDER_BOOK, book, sizeof *book, 1, book->time_ns, flags);
}

void bourse_emit_book(bourse_link *seen, bourse_topic *seen_topic, const bourse_book_update *update) {
  bourse__topic *topic = (bourse__topic *)seen_topic;
  (void)seen;
  if (topic->dead || topic->keeper == NULL) return;
  if (topic->link->replaying && update->snapshot > 0) bourse__replay_measure(topic, update);
  bourse__topic_book(topic, update, 0);
}

void bourse_emit_shutdown(bourse_link *seen) { bourse__link_renew((bourse__link *)seen); }

void bourse_emit_token_dead(bourse_link *seen) {
  bourse__link *link = (bourse__link *)seen;
  if (!link->replaying) bourse__link_broken(link, BOURSE_ERROR_DISCONNECTED, "the token of the stream has expired", 0);
}

void bourse_emit_error(bourse_link *seen, int32_t code, bourse_slice exchange_code, bourse_slice exchange_message) {
  bourse__link *link = (bourse__link *)seen;
  bourse__failure failure;
  bourse__failure_clear(&failure);
  failure.error.exchange = seen->adapter->name;
  bourse__failure_set(&failure, code, NULL, "%s: %s", seen->socket->name, bourse_error_text(code));
  bourse__copy_text(failure.exchange_code, sizeof failure.exchange_code, exchange_code.data == NULL ? "" : exchange_code.data,
                    exchange_code.length);
  bourse__copy_text(failure.exchange_message, sizeof failure.exchange_message,
                    exchange_message.data == NULL ? "" : exchange_message.data, exchange_message.length);
  bourse__log_write(&link->context->log, BOURSE_LOG_WARN, "%s: %s: %s %s", seen->adapter->name, seen->socket->name,
                    failure.exchange_code, failure.exchange_message);
  bourse_stream *last = NULL;
  for (bourse__topic *topic = link->first; topic != NULL; topic = topic->next)
    for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
      if (!sub->dead && sub->stream != last) {
        last = sub->stream;
        bourse__stream_error(last, NULL, &failure);
      }
}

int32_t bourse_link_send(bourse_link *seen, const char *text, size_t length) {
  bourse__link *link = (bourse__link *)seen;
  return link->replaying ? BOURSE_OK : bourse__link_write(link, text, length);
}
