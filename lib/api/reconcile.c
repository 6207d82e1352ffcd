/* api/reconcile.c - private channels: what was missed is asked for, sparse records are completed, and what came before is not
 * told again. */
#include <string.h>

#include "api/journal.h"
#include "api/streaming.h"
#include "net/retry.h"

#define KNOWN_MAX     4096 /* records, and ids of fills, remembered at most */
#define ASKED_MAX     50   /* orders asked for one by one after a break */
#define SYMBOLS_MAX   64   /* whose fills are asked for, where the exchange wants a symbol */
#define OVERLAP_NS    (INT64_C(60) * 1000000000)
#define SOON_NS       (INT64_C(200) * 1000000)
#define AGAIN_BASE_NS (INT64_C(500) * 1000000)
#define REFUSED_MAX   4
#define AGAIN_CAP_NS  (INT64_C(30) * 1000000000)

/* One record remembered. */
typedef struct known_record {
  struct known_record *next;  /* in its slot */
  struct known_record *newer; /* by age */
  struct known_record *older;
  uint64_t hash[2];
  int32_t kind;
  bourse_arena *arena;
  void *record;
} known_record;

struct bourse__known {
  bourse_allocator allocator;
  known_record **slots; /* KNOWN_MAX of them */
  known_record *newest;
  known_record *oldest;
  uint32_t count;
  int32_t all;         /* trades too */
  int32_t want_symbol; /* the exchange lists fills by symbol only */
  int64_t last_fill_ns;
  char *symbols[SYMBOLS_MAX]; /* of fills and orders seen */
  uint32_t symbol_count;
};

/* --- Keys --- */

static void mix(uint64_t hash[2], const char *text) {
  for (; text != NULL && *text != '\0'; text++) {
    hash[0] = (hash[0] ^ (unsigned char)*text) * UINT64_C(1099511628211);
    hash[1] = (hash[1] + (unsigned char)*text) * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  }
  hash[0] = (hash[0] ^ 0x100) * UINT64_C(1099511628211);
  hash[1] = (hash[1] ^ (hash[1] >> 29)) * UINT64_C(6364136223846793005) + 0x100;
}

/* Names the thing that a record is about; 0: it has no name. */
static int32_t key_of(uint64_t hash[2], int32_t kind, const void *record) {
  hash[0] = UINT64_C(1469598103934665603) + (uint64_t)kind;
  hash[1] = (uint64_t)kind * UINT64_C(2862933555777941757) + 3037000493;
  if (kind == BOURSE_KIND_ORDER) {
    const bourse_order *order = record;
    if (order->id == NULL && order->client_order_id == NULL) return 0;
    mix(hash, order->id != NULL ? order->id : order->client_order_id);
    return 1;
  }
  if (kind == BOURSE_KIND_FILL) {
    const bourse_fill *fill = record;
    mix(hash, fill->market_id != NULL ? fill->market_id : fill->symbol);
    mix(hash, fill->id);
    mix(hash, fill->side == BOURSE_SIDE_SELL ? "sell" : "buy"); /* an account that trades with itself has both */
    return fill->id != NULL;
  }
  if (kind == BOURSE_KIND_TRADE) {
    const bourse_trade *trade = record;
    mix(hash, trade->id);
    return trade->id != NULL;
  }
  if (kind == BOURSE_KIND_BALANCE) {
    const bourse_balance *balance = record;
    const char wallet[2] = {(char)('A' + balance->wallet), '\0'};
    mix(hash, balance->currency);
    mix(hash, balance->symbol);
    mix(hash, wallet);
    return balance->currency != NULL;
  }
  if (kind == BOURSE_KIND_POSITION) {
    const bourse_position *position = record;
    mix(hash, position->market_id != NULL ? position->market_id : position->symbol);
    mix(hash, position->id);
    mix(hash, position->hedged > 0 ? (position->side == BOURSE_POSITION_SHORT ? "short" : "long") : "");
    return position->market_id != NULL || position->symbol != NULL;
  }
  return 0;
}

static known_record **slot_of(bourse__known *known, const uint64_t hash[2]) {
  return &known->slots[hash[1] % KNOWN_MAX];
}

static known_record *find(bourse__known *known, const uint64_t hash[2]) {
  known_record *each = *slot_of(known, hash);
  while (each != NULL && (each->hash[0] != hash[0] || each->hash[1] != hash[1])) each = each->next;
  return each;
}

/* --- Remembering --- */

static void leave_order(bourse__known *known, known_record *each) {
  if (each->newer != NULL) each->newer->older = each->older;
  if (each->older != NULL) each->older->newer = each->newer;
  if (known->newest == each) known->newest = each->older;
  if (known->oldest == each) known->oldest = each->newer;
  each->newer = each->older = NULL;
}

static void enter_order(bourse__known *known, known_record *each) {
  each->older = known->newest;
  if (known->newest != NULL) known->newest->newer = each;
  known->newest = each;
  if (known->oldest == NULL) known->oldest = each;
}

static void forget(bourse__known *known, known_record *each) {
  known_record **at = slot_of(known, each->hash);
  while (*at != each) at = &(*at)->next;
  *at = each->next;
  leave_order(known, each);
  known->count--;
  bourse__arena_free(each->arena);
  bourse__release(&known->allocator, each);
}

static known_record *remember(bourse__known *known, const uint64_t hash[2], int32_t kind) {
  known_record *each;
  if (known->count >= KNOWN_MAX) forget(known, known->oldest);
  each = bourse__alloc(&known->allocator, sizeof *each);
  if (each == NULL) return NULL;
  each->hash[0] = hash[0];
  each->hash[1] = hash[1];
  each->kind = kind;
  each->next = *slot_of(known, hash);
  *slot_of(known, hash) = each;
  enter_order(known, each);
  known->count++;
  return each;
}

/* Keeps a record whole, for those that come later and say less. */
static void keep(bourse__known *known, known_record *each, const bourse_struct_info *info, const void *record) {
  bourse_arena *arena = bourse__arena_new(&known->allocator, 1024);
  void *copy = arena == NULL ? NULL : bourse_arena_alloc(arena, info->size);
  if (copy == NULL || !bourse__record_copy(arena, info, copy, record)) {
    bourse__arena_free(arena);
    return; /* the older state stays */
  }
  bourse__arena_free(each->arena);
  each->arena = arena;
  each->record = copy;
  leave_order(known, each);
  enter_order(known, each);
}

static bourse__known *known_of(bourse__topic *topic) {
  if (topic->known != NULL) return topic->known;
  const bourse_allocator *allocator = &topic->link->context->allocator;
  bourse__known *known = bourse__alloc(allocator, sizeof *known);
  if (known == NULL) return NULL;
  known->allocator = *allocator;
  known->slots = bourse__alloc(allocator, KNOWN_MAX * sizeof *known->slots);
  if (known->slots == NULL) {
    bourse__release(allocator, known);
    return NULL;
  }
  topic->known = known;
  return known;
}

void bourse__known_free(bourse__known *known) {
  if (known == NULL) return;
  while (known->oldest != NULL) forget(known, known->oldest);
  bourse_allocator allocator = known->allocator;
  for (uint32_t i = 0; i < known->symbol_count; i++) bourse__release(&allocator, known->symbols[i]);
  bourse__release(&allocator, known->slots);
  bourse__release(&allocator, known);
}

void bourse__known_watch(bourse__topic *topic) {
  int32_t operation = topic->seen.operation;
  if (operation != BOURSE_OP_WATCH_TRADES && operation != BOURSE_OP_WATCH_LIQUIDATIONS) return;
  bourse__known *known = known_of(topic);
  if (known != NULL) known->all = 1;
}

/* --- Taking --- */

static int32_t is_same(const bourse_struct_info *info, const void *a, const void *b, bourse_arena *arena) {
  bourse_text texts[2];
  bourse_text_init(&texts[0], arena);
  bourse_text_init(&texts[1], arena);
  bourse__record_write(&texts[0], info, a);
  bourse__record_write(&texts[1], info, b);
  return !texts[0].failed && !texts[1].failed && texts[0].length == texts[1].length &&
         memcmp(texts[0].data, texts[1].data, texts[0].length) == 0;
}

static void note_symbol(bourse__known *known, const char *symbol) {
  if (symbol == NULL || known->symbol_count == SYMBOLS_MAX) return;
  for (uint32_t i = 0; i < known->symbol_count; i++)
    if (strcmp(known->symbols[i], symbol) == 0) return;
  char *copy = bourse__duplicate(&known->allocator, symbol);
  if (copy != NULL) known->symbols[known->symbol_count++] = copy;
}

/* What was merged points into the older state, which is about to go. 0: memory is out. */
static int32_t own(bourse_arena *arena, const bourse_struct_info *info, void *record) {
  void *copy = bourse_arena_alloc(arena, info->size);
  if (copy == NULL || !bourse__record_copy(arena, info, copy, record)) return 0;
  memcpy(record, copy, info->size);
  return 1;
}

/* 1: to be told. */
static int32_t take(bourse__topic *topic, bourse__known *known, int32_t kind, void *record) {
  const bourse_struct_info *info = bourse_schema_record(kind);
  uint64_t hash[2];
  if (!key_of(hash, kind, record)) return 1;
  known_record *each = find(known, hash);
  if (kind == BOURSE_KIND_FILL || kind == BOURSE_KIND_TRADE) {
    if (kind == BOURSE_KIND_FILL && ((const bourse_fill *)record)->time_ns > known->last_fill_ns)
      known->last_fill_ns = ((const bourse_fill *)record)->time_ns;
    if (kind == BOURSE_KIND_FILL) note_symbol(known, ((const bourse_fill *)record)->symbol);
    if (each != NULL) return 0;
    remember(known, hash, kind);
    return 1;
  }
  if (each != NULL && each->record != NULL) {
    if (kind == BOURSE_KIND_ORDER) {
      if (bourse__order_is_older(record, each->record)) return 0;
      bourse__order_complete(record, each->record);
    } else if ((topic->seen.channel->flags & BOURSE_CHANNEL_SPARSE) != 0) {
      bourse__record_merge(info, record, each->record);
    }
    if (is_same(info, record, each->record, topic->link->seen.arena)) return 0;
    if (!own(topic->link->seen.arena, info, record)) return 0;
  }
  if (each == NULL) each = remember(known, hash, kind);
  if (each != NULL) keep(known, each, info, record);
  return 1;
}

uint32_t bourse__known_take(bourse__topic *topic, int32_t kind, void *records, uint32_t count) {
  const bourse_struct_info *info = bourse_schema_record(kind);
  bourse__known *known = known_of(topic);
  uint32_t kept = 0;
  if (known == NULL || (kind == BOURSE_KIND_TRADE && !known->all)) return count;
  for (uint32_t i = 0; i < count; i++) {
    char *record = (char *)records + (size_t)i * info->size;
    if (!take(topic, known, kind, record)) continue;
    if (kept != i) memcpy((char *)records + (size_t)kept * info->size, record, info->size);
    kept++;
  }
  if (kept < count)
    for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
      sub->stream->counters[BOURSE__STREAM_COUNT_DUPLICATES] += count - kept;
  return kept;
}

/* --- Asking --- */

/* What is asked for, one after another. */
enum { STEP_STATE = 0, STEP_ORDERS = 1 };

static void ask(bourse__topic *topic, bourse_request *request);

static int32_t operation_of(int32_t watch) {
  switch (watch) {
    case BOURSE_OP_WATCH_ORDERS: return BOURSE_OP_FETCH_OPEN_ORDERS;
    case BOURSE_OP_WATCH_MY_TRADES: return BOURSE_OP_FETCH_MY_TRADES;
    case BOURSE_OP_WATCH_BALANCES: return BOURSE_OP_FETCH_BALANCES;
    case BOURSE_OP_WATCH_POSITIONS: return BOURSE_OP_FETCH_POSITIONS;
    default: return 0;
  }
}

static int32_t wants(const bourse__topic *topic) {
  for (const bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
    if (!sub->dead && sub->stream->reconcile != BOURSE_NO) return 1;
  return 0;
}

static void live(bourse__topic *topic) {
  topic->tries = 0;
  topic->asks_again = topic->asks_again && bourse__timer_is_set(&topic->again); /* what came meanwhile */
  if (!topic->asks_again) topic->broken_utc_ns = 0;
  bourse__topic_set_state(topic, BOURSE_STREAM_LIVE);
}

/* An order to ask for by itself: known as open, and not in the list of open ones. `reconcile_step` marks those asked. */
static const bourse_order *next_doubtful(bourse__topic *topic) {
  if (topic->known == NULL || topic->reconcile_step >= ASKED_MAX) return NULL;
  for (known_record *each = topic->known->oldest; each != NULL; each = each->newer)
    if (each->kind == -BOURSE_KIND_ORDER) {
      each->kind = BOURSE_KIND_ORDER;
      topic->reconcile_step++;
      return each->record;
    }
  return NULL;
}

/* Symbols whose fills are asked for one by one: those the streams name, and, where the exchange lists fills by symbol only,
 * those of the fills seen before and of the handle's orders. NULL: no more. */
static const char *symbol_at(const bourse__topic *topic, uint32_t index) {
  uint32_t at = 0;
  for (const bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
    for (uint32_t i = 0; !sub->dead && i < sub->stream->filter_count; i++)
      if (at++ == index) return sub->stream->filter[i];
  if (topic->known == NULL || !topic->known->want_symbol) return NULL;
  if (index - at < topic->known->symbol_count) return topic->known->symbols[index - at];
  return NULL;
}

/* The orders of the handle tell in which markets there may be fills. */
static void note_order_symbols(bourse__topic *topic) {
  bourse__known *known = known_of(topic);
  for (const bourse__topic *other = topic->link->first; known != NULL && other != NULL; other = other->next)
    if (other->seen.operation == BOURSE_OP_WATCH_ORDERS && other->known != NULL)
      for (const known_record *each = other->known->newest; each != NULL; each = each->older)
        if (each->record != NULL) note_symbol(known, ((const bourse_order *)each->record)->symbol);
  const bourse__journal *journal = topic->link->exchange->journal;
  for (uint32_t i = 0; known != NULL && journal != NULL && i < journal->symbol_count; i++)
    if (bourse__symbol_product(journal->symbols[i]) == topic->seen.product) note_symbol(known, journal->symbols[i]);
}

static void ask_next(bourse__topic *topic) {
  bourse_request request = BOURSE_REQUEST_INIT(0);
  const bourse_order *doubtful;
  if (topic->dead || topic->phase != BOURSE__TOPIC_ACTIVE) return;
  if (topic->seen.operation == BOURSE_OP_WATCH_ORDERS && (doubtful = next_doubtful(topic)) != NULL) {
    request.operation = BOURSE_OP_FETCH_ORDER;
    request.symbol = doubtful->symbol;
    request.order_id = doubtful->id;
    if (doubtful->id == NULL) request.client_order_id = doubtful->client_order_id;
    ask(topic, &request);
    return;
  }
  if (topic->seen.operation == BOURSE_OP_WATCH_MY_TRADES) {
    request.symbol = symbol_at(topic, topic->reconcile_step++);
    if (request.symbol != NULL) {
      request.operation = BOURSE_OP_FETCH_MY_TRADES;
      ask(topic, &request);
      return;
    }
  }
  live(topic);
}

/* Failures that say nothing of what was asked: asked again, it may be answered. Refusals are believed when they are repeated. */
static int32_t passes(const bourse__topic *topic, int32_t code) {
  if (code <= BOURSE_ERROR_REFUSED && code > BOURSE_ERROR_RATE_LIMITED && code != BOURSE_ERROR_TIMESTAMP)
    return topic->tries < REFUSED_MAX;
  return (code <= BOURSE_ERROR_NETWORK && code > BOURSE_ERROR_REFUSED) || code <= BOURSE_ERROR_RATE_LIMITED ||
         code == BOURSE_ERROR_DEADLINE || code == BOURSE_ERROR_TIMESTAMP;
}

/* What is asked for after a break is asked until it is answered: until then the channel is not known to be whole. */
static void ask_again_later(bourse__topic *topic, const bourse__running *running) {
  bourse_context *context = topic->link->context;
  const bourse_order asked = {.id = running->request.order_id, .client_order_id = running->request.client_order_id};
  uint64_t hash[2];
  if (running->info->operation == BOURSE_OP_FETCH_ORDER && topic->known != NULL &&
      key_of(hash, BOURSE_KIND_ORDER, &asked)) {
    known_record *each = find(topic->known, hash);
    if (each != NULL && each->kind == BOURSE_KIND_ORDER) each->kind = -BOURSE_KIND_ORDER;
  }
  topic->asks_again = 1;
  bourse__timer_set(context->loop, &topic->again,
                    bourse__loop_monotonic_ns(context->loop) +
                        bourse__retry_delay_ns(topic->tries++, AGAIN_BASE_NS, AGAIN_CAP_NS,
                                               running->failure.error.retry_after_ms * 1000000, &context->random));
}

static int32_t is_listed(const uint64_t key[2], const bourse_order *orders, uint32_t count) {
  uint64_t hash[2];
  for (uint32_t i = 0; i < count; i++)
    if (key_of(hash, BOURSE_KIND_ORDER, &orders[i]) && hash[0] == key[0] && hash[1] == key[1]) return 1;
  return 0;
}

/* Orders that the journal has as open, which this channel has told nothing of, and which are not among the open ones: made,
 * and perhaps filled, while nobody listened. */
static void doubt_journal(bourse__topic *topic, const bourse_order *orders, uint32_t count) {
  const bourse__journal *journal = topic->link->exchange->journal;
  uint64_t hash[2];
  for (const bourse__entry *entry = journal == NULL ? NULL : journal->oldest; entry != NULL; entry = entry->newer) {
    const bourse_journal_entry *seen = &entry->seen;
    const bourse_order order = {.id = seen->order_id,
                                .client_order_id = seen->client_order_id,
                                .symbol = seen->symbol,
                                .status = BOURSE_ORDER_OPEN};
    if (seen->state != BOURSE_JOURNAL_OPEN || order.id == NULL || order.symbol == NULL ||
        seen->product != topic->seen.product || seen->margin_mode != topic->seen.margin_mode ||
        !key_of(hash, BOURSE_KIND_ORDER, &order) || is_listed(hash, orders, count) || find(topic->known, hash) != NULL)
      continue;
    known_record *each = remember(topic->known, hash, -BOURSE_KIND_ORDER);
    if (each != NULL) keep(topic->known, each, bourse_schema_record(BOURSE_KIND_ORDER), &order);
  }
}

/* What is known as open and not among the open ones is doubtful: it is asked for by itself. */
static void doubt(bourse__topic *topic, const bourse_order *orders, uint32_t count) {
  if (known_of(topic) == NULL) return;
  doubt_journal(topic, orders, count);
  for (known_record *each = topic->known->newest; each != NULL; each = each->older) {
    if (each->kind != BOURSE_KIND_ORDER || each->record == NULL || bourse__order_is_final(each->record)) continue;
    if (!is_listed(each->hash, orders, count)) each->kind = -BOURSE_KIND_ORDER;
  }
}

static void on_answer(bourse__running *running, int32_t code) {
  bourse__topic *topic = running->owner;
  if (topic == NULL) return;
  bourse_context *context = topic->link->context;
  bourse__streams_enter(context);
  topic->request = NULL;
  if (code == BOURSE_OK) {
    bourse_result *result = running->result;
    int32_t whole =
        running->info->operation != BOURSE_OP_FETCH_ORDER && running->info->operation != BOURSE_OP_FETCH_MY_TRADES;
    bourse__link_prepare(topic->link);
    topic->link->seen.received_ns = result->received_ns;
    if (running->info->operation == BOURSE_OP_FETCH_OPEN_ORDERS)
      doubt(topic, (const bourse_order *)(const void *)result->records, result->count);
    if (result->count > 0 || whole)
      bourse_emit(&topic->link->seen, &topic->seen, result->kind, result->records, result->count, 0,
                  BOURSE_STREAM_RECONCILED |
                      (whole && running->info->operation != BOURSE_OP_FETCH_OPEN_ORDERS ? BOURSE_STREAM_SNAPSHOT : 0));
  } else if (running->info->operation == BOURSE_OP_FETCH_MY_TRADES && running->request.symbol == NULL && code > -200 &&
             known_of(topic) != NULL && !topic->known->want_symbol) {
    topic->known->want_symbol = 1; /* not all at once, then: one by one */
    topic->reconcile_step = 0;
    note_order_symbols(topic);
  } else if (running->info->operation == BOURSE_OP_FETCH_OPEN_ORDERS && running->request.symbol == NULL &&
             code > -200) {
    doubt(topic, NULL, 0); /* neither are open orders: those that are known are asked for by themselves */
  } else if (code != BOURSE_ERROR_ORDER_NOT_FOUND) {
    for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
      if (!sub->dead) bourse__stream_error(sub->stream, sub, &running->failure);
    if (passes(topic, code) && !topic->dead && topic->phase == BOURSE__TOPIC_ACTIVE) {
      ask_again_later(topic, running);
      bourse__streams_exit(context);
      return;
    }
  }
  ask_next(topic);
  bourse__streams_exit(context);
}

static void ask(bourse__topic *topic, bourse_request *request) {
  bourse__link *link = topic->link;
  bourse__running *running;
  bourse__failure failure;
  request->product = topic->seen.product;
  request->margin_mode = topic->seen.margin_mode;
  int32_t by_symbol =
      topic->seen.operation == BOURSE_OP_WATCH_ORDERS || topic->seen.operation == BOURSE_OP_WATCH_MY_TRADES;
  if (by_symbol && request->symbol == NULL && link->seen.symbol[0] != '\0')
    request->symbol = link->seen.symbol; /* isolated */
  if (request->operation == BOURSE_OP_FETCH_MY_TRADES) {
    int64_t last = topic->known == NULL ? 0 : topic->known->last_fill_ns;
    int64_t since = topic->broken_utc_ns != 0 ? topic->broken_utc_ns : bourse__loop_now_ns(link->context->loop);
    if (last != 0 && last < since) since = last;
    request->since_ns = since - OVERLAP_NS;
  }
  bourse__failure_clear(&failure);
  failure.error.exchange = link->seen.adapter->name;
  const bourse_operation_info *info = bourse_schema_operation(request->operation);
  int32_t code = bourse__check_request(link->exchange, info, request, &failure);
  if (code == BOURSE_OK) code = bourse__running_new(&running, link->exchange, request, 1, &failure);
  if (code != BOURSE_OK) {
    for (bourse__sub *sub = topic->subs; sub != NULL; sub = sub->next_of_topic)
      if (!sub->dead) bourse__stream_error(sub->stream, sub, &failure);
    live(topic);
    return;
  }
  running->done = on_answer;
  running->owner = topic;
  topic->request = running;
  bourse__running_advance(running);
}

void bourse__reconcile(bourse__topic *topic) {
  bourse_request request = BOURSE_REQUEST_INIT(operation_of(topic->seen.operation));
  int32_t again = topic->broken_utc_ns != 0;
  if (topic->request != NULL) { /* what is under way may have been answered before */
    bourse__reconcile_soon(topic);
    return;
  }
  topic->reconcile_step = 0;
  int32_t snapshot = (topic->seen.channel->flags & BOURSE_CHANNEL_SNAPSHOT) != 0;
  int32_t fills = topic->seen.operation == BOURSE_OP_WATCH_MY_TRADES;
  /* A channel that begins with its whole state needs no request; of fills only those missed since are asked for. */
  if (!wants(topic) || request.operation == 0 || snapshot || (fills && !again) ||
      bourse_supports(topic->link->exchange, request.operation, topic->seen.product, topic->seen.margin_mode) == 0) {
    if (!(fills && again && snapshot)) {
      live(topic);
      return;
    }
  }
  if (fills) {
    request.symbol = symbol_at(topic, 0);
    if (topic->known != NULL && topic->known->want_symbol) note_order_symbols(topic);
    if (request.symbol == NULL) request.symbol = symbol_at(topic, 0);
    topic->reconcile_step = 1;
  }
  ask(topic, &request);
}

void bourse__reconcile_soon(bourse__topic *topic) {
  bourse_context *context = topic->link->context;
  if (topic->link->replaying || topic->dead || topic->phase != BOURSE__TOPIC_ACTIVE) return;
  if (topic->broken_utc_ns == 0) topic->broken_utc_ns = bourse__loop_now_ns(context->loop);
  topic->asks_again = 1;
  if (!bourse__timer_is_set(&topic->again))
    bourse__timer_set(context->loop, &topic->again, bourse__loop_monotonic_ns(context->loop) + SOON_NS);
}

void bourse__reconcile_again(bourse__topic *topic) {
  topic->asks_again = 0;
  if (topic->link->replaying) return;
  if (topic->request == NULL && topic->seen.operation == BOURSE_OP_WATCH_ORDERS &&
      (topic->seen.channel->flags & BOURSE_CHANNEL_SNAPSHOT) != 0) {
    topic->reconcile_step = 0;
    ask_next(topic); /* the list came by itself; orders are doubtful still */
    return;
  }
  bourse__reconcile(topic);
}

void bourse__reconcile_open_orders(bourse__topic *topic, const bourse_order *orders, uint32_t count) {
  doubt(topic, orders, count);
  /* Where a channel's own snapshot tells, nothing else would set this going. */
  if (topic->request == NULL && topic->state == BOURSE_STREAM_LIVE && topic->phase == BOURSE__TOPIC_ACTIVE &&
      !topic->link->replaying && wants(topic)) {
    topic->reconcile_step = 0;
    ask_next(topic);
  }
}
