/* api/stream_queue.c - events that wait to be taken: a ring that grows to its bound, whose slots keep their memory from use
 * to use, so that in steady state nothing is allocated. */
#include <string.h>

#include "api/streaming.h"

static bourse__queued *slot_at(const bourse_stream *stream, uint32_t index) {
  return &stream->queue[(stream->queue_first + index) % stream->queue_capacity];
}

static int32_t grow(bourse_stream *stream) {
  uint32_t capacity = stream->queue_capacity == 0 ? 8 : stream->queue_capacity * 2;
  bourse__queued *queue = bourse__alloc(&stream->allocator, capacity * sizeof *queue);
  if (queue == NULL) return 0;
  for (uint32_t i = 0; i < stream->queue_capacity; i++) queue[i] = *slot_at(stream, i);
  bourse__release(&stream->allocator, stream->queue);
  stream->queue = queue;
  stream->queue_capacity = capacity;
  stream->queue_first = 0;
  return 1;
}

static void drop_oldest(bourse_stream *stream) {
  stream->queue_first = (stream->queue_first + 1) % stream->queue_capacity;
  stream->queue_count--;
  stream->first_number++;
}

/* Copies an event and all that it points to. */
static int32_t fill(bourse_stream *stream, bourse__queued *slot, const bourse_stream_event *event,
                    const bourse__failure *failure) {
  const bourse_struct_info *info = event->record_kind != 0 ? bourse_schema_record(event->record_kind) : NULL;
  if (slot->arena == NULL) slot->arena = bourse__arena_new(&stream->allocator, 512);
  if (slot->arena == NULL) return 0;
  bourse__arena_reset(slot->arena);
  slot->event = *event;
  if (event->symbol != NULL) {
    slot->event.symbol = bourse_arena_copy(slot->arena, event->symbol, strlen(event->symbol));
    if (slot->event.symbol == NULL) return 0;
  }
  if (failure != NULL) {
    slot->failure = bourse_arena_alloc(slot->arena, sizeof *slot->failure);
    if (slot->failure == NULL) return 0;
    bourse__failure_copy(slot->failure, failure);
    slot->event.error = &slot->failure->error;
  }
  if (info == NULL || event->count == 0) return 1;
  char *records = bourse_arena_alloc(slot->arena, (size_t)event->count * info->size);
  if (records == NULL) return 0;
  for (uint32_t i = 0; i < event->count; i++) {
    const char *record = (const char *)event->records + (size_t)i * event->record_size;
    if (!bourse__record_copy(slot->arena, info, records + (size_t)i * info->size, record)) return 0;
  }
  slot->event.records = records;
  return 1;
}

/* The slot of the sub's newest event when the new one may take its place: a state of the same thing. */
static bourse__queued *conflatable(bourse_stream *stream, const bourse__sub *sub, const bourse_stream_event *event) {
  if (stream->policy != BOURSE_QUEUE_CONFLATE || sub == NULL || sub->pending == 0 || event->kind != BOURSE_STREAM_DATA)
    return NULL;
  uint64_t index = sub->pending - stream->first_number;
  if (sub->pending < stream->first_number || index >= stream->queue_count || (index == 0 && stream->taken)) return NULL;
  bourse__queued *slot = slot_at(stream, (uint32_t)index);
  if (slot->sub != sub || slot->event.kind != BOURSE_STREAM_DATA || slot->event.count != 1 || event->count != 1)
    return NULL;
  if (event->symbol == NULL || slot->event.record_kind != event->record_kind) return NULL;
  if (event->record_kind == BOURSE_KIND_CANDLE) { /* a candle that closed is not replaced by the next */
    const bourse_candle *old = slot->event.records, *new = event->records;
    if (old->time_ns != new->time_ns) return NULL;
  }
  return slot;
}

static void pause(bourse_stream *stream, int32_t paused) {
  if (stream->pausing == paused) return;
  stream->pausing = paused;
  stream->counters[BOURSE__STREAM_COUNT_PAUSES] += paused;
  for (bourse__sub *sub = stream->subs; sub != NULL; sub = sub->next_of_stream)
    if (sub->topic != NULL && !sub->dead) bourse__link_pause(sub->topic->link, paused);
}

int32_t bourse__stream_enqueue(bourse_stream *stream, bourse__sub *sub, const bourse_stream_event *event,
                               const bourse__failure *failure) {
  bourse__queued *slot = conflatable(stream, sub, event);
  if (slot != NULL) {
    bourse_stream_event merged = *event;
    merged.dropped = slot->event.dropped;
    merged.flags |= slot->event.flags & BOURSE_STREAM_SNAPSHOT;
    stream->counters[BOURSE__STREAM_COUNT_CONFLATED]++;
    return fill(stream, slot, &merged, failure);
  }
  if (stream->queue_count >= stream->queue_limit) {
    if (stream->policy == BOURSE_QUEUE_PAUSE) {
      pause(stream, 1); /* what has been read already still comes */
    } else {
      /* The one handed out stays until it is let go. */
      if (stream->taken && stream->queue_count == 1) return 1;
      if (stream->taken) {
        bourse__queued first = *slot_at(stream, 0);
        *slot_at(stream, 0) = *slot_at(stream, 1);
        *slot_at(stream, 1) = first;
      }
      stream->dropped += (int32_t)slot_at(stream, 0)->event.dropped + 1;
      stream->counters[BOURSE__STREAM_COUNT_DROPPED]++;
      drop_oldest(stream);
    }
  }
  if (stream->queue_count == stream->queue_capacity && !grow(stream)) return 0;
  slot = slot_at(stream, stream->queue_count);
  if (!fill(stream, slot, event, failure)) return 0;
  slot->sub = sub;
  slot->event.dropped = (uint32_t)stream->dropped;
  stream->dropped = 0;
  if (sub != NULL) sub->pending = stream->first_number + stream->queue_count;
  stream->queue_count++;
  if (stream->queue_count > stream->counters[BOURSE__STREAM_COUNT_QUEUE_HIGH_WATER])
    stream->counters[BOURSE__STREAM_COUNT_QUEUE_HIGH_WATER] = stream->queue_count;
  return 1;
}

void bourse__stream_queue_release(bourse_stream *stream) {
  if (!stream->taken) return;
  stream->taken = 0;
  drop_oldest(stream);
  if (stream->pausing && stream->queue_count <= stream->queue_limit / 2) pause(stream, 0);
}

void bourse__stream_queue_free(bourse_stream *stream) {
  for (uint32_t i = 0; i < stream->queue_capacity; i++) bourse__arena_free(stream->queue[i].arena);
  bourse__release(&stream->allocator, stream->queue);
  stream->queue = NULL;
  stream->queue_capacity = stream->queue_count = 0;
}

int32_t bourse_stream_next(bourse_stream *stream, bourse_stream_event *event) {
  if (stream == NULL || event == NULL) return BOURSE_ERROR_ARGUMENT;
  uint32_t size = event->struct_size;
  if (size < offsetof(bourse_stream_event, user_data) || size > 65536) return BOURSE_ERROR_STRUCT;
  bourse__stream_queue_release(stream);
  if (stream->queue_count == 0) return 0;
  bourse__queued *slot = slot_at(stream, 0);
  stream->taken = 1;
  slot->event.struct_size = size;
  slot->event.api_version = BOURSE_API_VERSION;
  slot->event.delivered_ns =
      stream->context == NULL ? slot->event.received_ns : bourse__loop_now_ns(stream->context->loop);
  memcpy(event, &slot->event, size < sizeof *event ? size : sizeof *event);
  return 1;
}

bourse_stream *bourse_stream_ready(bourse_context *context) {
  bourse_stream *found = NULL;
  int64_t oldest = INT64_MAX;
  for (bourse_stream *stream = context == NULL ? NULL : context->streams; stream != NULL; stream = stream->next) {
    uint32_t skip = stream->taken ? 1u : 0u;
    if (stream->dead || stream->on_event != NULL || stream->queue_count <= skip) continue;
    int64_t since = slot_at(stream, skip)->event.received_ns;
    if (found == NULL || since < oldest) {
      found = stream;
      oldest = since;
    }
  }
  return found;
}
