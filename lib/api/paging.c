/* api/paging.c - several replies for one operation: the same rules for every exchange.
 *
 * With `since`, pages go forward from it: the next begins at the time of the last record (records already there are
 * dropped by id). Without, they go back from the oldest record in the same way. An exchange that answers at most a span of
 * time in one reply is asked for span after span until `until` or now. Nothing is paged unless the caller gave a limit. */
#include <string.h>

#include "api/api.h"
#include "api/schema.h"

typedef struct record_shape {
  int32_t has_time;
  int32_t has_id;
  int32_t has_side; /* a fill's id is one of its side: an account that trades with itself has two of one id */
  uint32_t time_offset;
  uint32_t id_offset;
  uint32_t side_offset;
} record_shape;

static record_shape shape_of(int32_t kind) {
  record_shape shape = {0};
  const bourse_struct_info *info = bourse_schema_record(kind);
  for (uint32_t i = 0; info != NULL && i < info->member_count; i++) {
    const bourse_member_info *member = &info->members[i];
    if (strcmp(member->name, "time_ns") == 0 || strcmp(member->name, "created_ns") == 0) {
      shape.has_time = 1;
      shape.time_offset = member->offset;
    } else if (strcmp(member->name, "id") == 0 && member->type == BOURSE_TYPE_STRING) {
      shape.has_id = 1;
      shape.id_offset = member->offset;
    } else if (strcmp(member->name, "side") == 0 && kind == BOURSE_KIND_FILL) {
      shape.has_side = 1;
      shape.side_offset = member->offset;
    }
  }
  /* The id of a market, where records are moments of a market, does not tell two of them apart. */
  if (kind == BOURSE_KIND_FUNDING_RATE || kind == BOURSE_KIND_OPEN_INTEREST) shape.has_id = 0;
  return shape;
}

static int64_t time_at(const bourse_result *result, const record_shape *shape, uint32_t index) {
  int64_t time_ns;
  memcpy(&time_ns, result->records + (size_t)index * result->record_size + shape->time_offset, sizeof time_ns);
  return time_ns;
}

static const char *id_at(const bourse_result *result, const record_shape *shape, uint32_t index) {
  const char *id;
  memcpy(&id, result->records + (size_t)index * result->record_size + shape->id_offset, sizeof id);
  return id;
}

static int32_t side_at(const bourse_result *result, const record_shape *shape, uint32_t index) {
  int32_t side = 0;
  if (shape->has_side)
    memcpy(&side, result->records + (size_t)index * result->record_size + shape->side_offset, sizeof side);
  return side;
}

/* Whether record `index` equals one of the records before `end` in time and id. */
static int32_t is_repeat(const bourse_result *result, const record_shape *shape, uint32_t index, uint32_t end) {
  int64_t time_ns = time_at(result, shape, index);
  const char *id = shape->has_id ? id_at(result, shape, index) : NULL;
  for (uint32_t i = end; i-- > 0;) {
    if (time_at(result, shape, i) != time_ns) continue;
    if (!shape->has_id) return 1;
    if (side_at(result, shape, i) != side_at(result, shape, index)) continue;
    const char *other = id_at(result, shape, i);
    if (id != NULL && other != NULL && strcmp(id, other) == 0) return 1;
  }
  return 0;
}

static void drop_repeats(bourse__running *running, const record_shape *shape) {
  bourse_result *result = running->result;
  if (running->page_start == 0) return;
  uint32_t kept = running->page_start;
  for (uint32_t i = running->page_start; i < result->count; i++) {
    if (is_repeat(result, shape, i, running->page_start)) continue;
    if (kept != i)
      memcpy(result->records + (size_t)kept * result->record_size, result->records + (size_t)i * result->record_size,
             result->record_size);
    kept++;
  }
  bourse_truncate(&running->call, kept);
}

static void time_range(const bourse_result *result, const record_shape *shape, uint32_t from, int64_t *oldest,
                       int64_t *newest) {
  *oldest = INT64_MAX;
  *newest = INT64_MIN;
  for (uint32_t i = from; i < result->count; i++) {
    int64_t time_ns = time_at(result, shape, i);
    if (time_ns < *oldest) *oldest = time_ns;
    if (time_ns > *newest) *newest = time_ns;
  }
}

int32_t bourse__page_next(bourse__running *running) {
  bourse_call *call = &running->call;
  bourse_result *result = running->result;
  const bourse_endpoint *endpoint = call->endpoint;
  const int64_t millisecond = 1000000;
  if (endpoint == NULL || endpoint->page_max == 0 || running->request.limit == 0 || running->request.cursor != NULL ||
      result->cursor != NULL)
    return BOURSE_OK;
  record_shape shape = shape_of(result->kind);
  if (!shape.has_time) return BOURSE_OK;
  uint32_t received = result->count - running->page_start;
  drop_repeats(running, &shape);
  uint32_t fresh = result->count - running->page_start;
  if (result->count >= running->request.limit) return BOURSE_OK;
  int32_t full = call->limit > 0 && received >= call->limit;
  int64_t oldest, newest, now = call->now_ns;
  time_range(result, &shape, running->page_start, &oldest, &newest);
  if (full && fresh == 0 && call->limit < endpoint->page_max) { /* a moment with more records than were asked for */
    call->limit = endpoint->page_max;
    return BOURSE_CONTINUE;
  }
  if (running->request.since_ns != 0) {
    int64_t end = running->request.until_ns != 0 && running->request.until_ns < now ? running->request.until_ns : now;
    if (full && fresh > 0)
      call->since_ns = newest == call->since_ns || result->kind == BOURSE_KIND_CANDLE ? newest + millisecond : newest;
    else if (full)
      call->since_ns += millisecond;
    else if (endpoint->span_max_ns > 0 && call->since_ns <= end - endpoint->span_max_ns)
      call->since_ns += endpoint->span_max_ns;
    else
      return BOURSE_OK;
    if (call->since_ns > end) return BOURSE_OK;
    if (running->request.until_ns != 0 && endpoint->span_max_ns > 0 &&
        running->request.until_ns - call->since_ns >= endpoint->span_max_ns)
      call->until_ns = call->since_ns + endpoint->span_max_ns - millisecond;
    else
      call->until_ns = running->request.until_ns;
  } else {
    if (!full || received == 0 || oldest <= millisecond) return BOURSE_OK;
    /* What else came in the oldest's millisecond may have had no room. */
    int32_t again = fresh > 0 && shape.has_id && oldest != call->until_ns;
    call->until_ns = again ? oldest : (fresh > 0 ? oldest : call->until_ns) - millisecond;
  }
  running->page_start = result->count;
  uint32_t missing = running->request.limit - result->count;
  /* A few more than missing, for those that will be dropped as repeats. */
  call->limit = missing > endpoint->page_max - 10 || endpoint->page_max < 20 ? endpoint->page_max : missing + 10;
  return BOURSE_CONTINUE;
}

/* Stable merge of [0, half) and [half, count) of indexes by time. */
static void merge_sort(uint32_t *order, uint32_t *spare, uint32_t count, const bourse_result *result,
                       const record_shape *shape) {
  if (count < 2) return;
  uint32_t half = count / 2, left = 0, right = half;
  merge_sort(order, spare, half, result, shape);
  merge_sort(order + half, spare, count - half, result, shape);
  memcpy(spare, order, count * sizeof *order);
  for (uint32_t i = 0; i < count; i++) {
    int32_t take_left =
        right >= count || (left < half && time_at(result, shape, spare[left]) <= time_at(result, shape, spare[right]));
    order[i] = take_left ? spare[left++] : spare[right++];
  }
}

static void sort_by_time(bourse__running *running, const record_shape *shape) {
  bourse_result *result = running->result;
  uint32_t count = result->count, i = 1;
  while (i < count && time_at(result, shape, i - 1) <= time_at(result, shape, i)) i++;
  if (i >= count) return;
  uint32_t *order = bourse_arena_alloc(result->arena, 2 * (size_t)count * sizeof *order);
  char *sorted = bourse_arena_alloc(result->arena, (size_t)count * result->record_size);
  if (order == NULL || sorted == NULL) {
    bourse_fail_memory(&running->call);
    return;
  }
  /* Exchanges that answer newest first keep their order among equal times once reversed. */
  int32_t descending = time_at(result, shape, 0) > time_at(result, shape, count - 1);
  for (uint32_t k = 0; k < count; k++) order[k] = descending ? count - 1 - k : k;
  merge_sort(order, order + count, count, result, shape);
  for (uint32_t k = 0; k < count; k++)
    memcpy(sorted + (size_t)k * result->record_size, result->records + (size_t)order[k] * result->record_size,
           result->record_size);
  result->records = sorted;
  result->capacity = count;
}

void bourse__page_finish(bourse__running *running) {
  bourse_result *result = running->result;
  const uint64_t range = (UINT64_C(1) << ARG_SINCE) | (UINT64_C(1) << ARG_LIMIT);
  if ((running->info->accepted & range) != range) return;
  record_shape shape = shape_of(result->kind);
  if (!shape.has_time) return;
  sort_by_time(running, &shape);
  uint32_t limit = running->request.limit;
  if (limit == 0 || result->count <= limit) return;
  if (running->request.since_ns == 0) { /* the newest */
    result->records += (size_t)(result->count - limit) * result->record_size;
    result->capacity -= result->count - limit;
  }
  result->count = limit;
}
