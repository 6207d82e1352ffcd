/* api/journal.c - entries of orders: in memory, in the store, and what becomes known of them. */
#include "api/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/schema.h"
#include "api/streaming.h"

#define DAY_NS         (INT64_C(86400) * 1000000000)
#define SWEEP_NS       (INT64_C(3600) * 1000000000)
#define LIST_MAX       8     /* orders that hang together */
#define FINALS_MAX     128   /* kept in memory where there is no store, and of those proven not to be there */
#define ENTRIES_MAX    20000 /* in memory; past it the oldest open ones are forgotten there */
#define REUSE_NS       (INT64_C(60) * 1000000000) /* clocks may differ by so much */
#define NONCE_AHEAD_NS (INT64_C(60) * 1000000000)
#define VERSION        "{\"version\":1,\"entry\":"

static const bourse_struct_info *info(void) { return bourse_schema_record(BOURSE_KIND_JOURNAL_ENTRY); }

/* --- Orders --- */

int32_t bourse__order_is_final(const bourse_order *order) {
  return order->status == BOURSE_ORDER_FILLED || order->status == BOURSE_ORDER_CANCELED ||
         order->status == BOURSE_ORDER_REJECTED || order->status == BOURSE_ORDER_EXPIRED;
}

int32_t bourse__entry_has_fired(const bourse__entry *entry) {
  const bourse_order *order = bourse_journal_entry_order(&entry->seen);
  return order != NULL && order->triggered_order_id != NULL && entry->seen.order_id != NULL &&
         strcmp(order->triggered_order_id, entry->seen.order_id) == 0;
}

int32_t bourse__entry_just_fired(const bourse__entry *entry) {
  return entry->seen.state == BOURSE_JOURNAL_OPEN && bourse__entry_has_fired(entry) &&
         bourse_journal_entry_order(&entry->seen)->status == BOURSE_ORDER_TRIGGERED;
}

/* A report that is older than what is known (a slow reply to a request, a repeated message) must not undo it. */
int32_t bourse__order_is_older(const bourse_order *order, const bourse_order *before) {
  if (bourse__order_is_final(before) && !bourse__order_is_final(order)) return 1;
  if (bourse_decimal_is_present(&order->filled) && bourse_decimal_is_present(&before->filled) &&
      bourse_decimal_compare(&order->filled, &before->filled) < 0)
    return 1;
  /* An order that is over is over, and one that fired has fired, whatever the clocks of those who report it say. */
  if (bourse__order_is_final(order) && !bourse__order_is_final(before)) return 0;
  if (order->status == BOURSE_ORDER_UNTRIGGERED && before->status == BOURSE_ORDER_TRIGGERED) return 1;
  if (order->status == BOURSE_ORDER_TRIGGERED && before->status == BOURSE_ORDER_UNTRIGGERED) return 0;
  return order->updated_ns != 0 && before->updated_ns != 0 && order->updated_ns < before->updated_ns;
}

/* What follows from other members is not taken from an older state. */
void bourse__order_complete(bourse_order *order, const bourse_order *before) {
  int32_t said_remaining = bourse_decimal_is_present(&order->remaining),
          said_filled = bourse_decimal_is_present(&order->filled);
  bourse__record_merge(bourse_schema_record(BOURSE_KIND_ORDER), order, before);
  if (said_filled && !said_remaining && bourse_decimal_is_present(&order->amount)) {
    bourse_decimal remaining;
    if (bourse_decimal_sub(&remaining, &order->amount, &order->filled) == BOURSE_OK) order->remaining = remaining;
  }
}

/* --- Finding --- */

static uint32_t hash_of(const char *text) {
  uint32_t hash = 2166136261u;
  for (; *text != '\0'; text++) hash = (hash ^ (unsigned char)*text) * 16777619u;
  return hash ^ (hash >> 15);
}

bourse__entry *bourse__journal_find(const bourse__journal *journal, const char *client_id) {
  if (journal == NULL || journal->by_client == NULL || client_id == NULL) return NULL;
  bourse__entry *entry = journal->by_client[hash_of(client_id) & journal->slot_mask];
  while (entry != NULL && strcmp(entry->seen.client_order_id, client_id) != 0) entry = entry->next_by_client;
  return entry;
}

/* Ids are unique within a market only at some exchanges. */
bourse__entry *bourse__journal_find_id(const bourse__journal *journal, const char *order_id, const char *symbol) {
  if (journal == NULL || journal->by_id == NULL || order_id == NULL) return NULL;
  for (bourse__entry *entry = journal->by_id[hash_of(order_id) & journal->slot_mask]; entry != NULL;
       entry = entry->next_by_id)
    if (strcmp(entry->seen.order_id, order_id) == 0 &&
        (symbol == NULL || entry->seen.symbol == NULL || strcmp(entry->seen.symbol, symbol) == 0))
      return entry;
  return NULL;
}

static void enter(bourse__entry *entry) {
  bourse__journal *journal = entry->journal;
  bourse__entry **slot = &journal->by_client[hash_of(entry->seen.client_order_id) & journal->slot_mask];
  entry->next_by_client = *slot;
  *slot = entry;
  if (entry->seen.order_id == NULL) return;
  slot = &journal->by_id[hash_of(entry->seen.order_id) & journal->slot_mask];
  entry->next_by_id = *slot;
  *slot = entry;
}

static void leave(bourse__entry *entry) {
  bourse__journal *journal = entry->journal;
  bourse__entry **at = &journal->by_client[hash_of(entry->seen.client_order_id) & journal->slot_mask];
  while (*at != entry) at = &(*at)->next_by_client;
  *at = entry->next_by_client;
  if (entry->seen.order_id == NULL) return;
  at = &journal->by_id[hash_of(entry->seen.order_id) & journal->slot_mask];
  while (*at != entry) at = &(*at)->next_by_id;
  *at = entry->next_by_id;
}

/* More slots, when entries have become many. 0: there are none at all. */
static int32_t grow(bourse__journal *journal) {
  const bourse_allocator *allocator = &journal->context->allocator;
  uint32_t mask = journal->by_client == NULL ? 63 : journal->slot_mask * 2 + 1;
  if (journal->by_client != NULL && journal->count <= journal->slot_mask) return 1;
  bourse__entry **by_client = bourse__alloc(allocator, ((size_t)mask + 1) * sizeof *by_client);
  bourse__entry **by_id = bourse__alloc(allocator, ((size_t)mask + 1) * sizeof *by_id);
  if (by_client == NULL || by_id == NULL) {
    bourse__release(allocator, by_client);
    bourse__release(allocator, by_id);
    return journal->by_client != NULL;
  }
  bourse__release(allocator, journal->by_client);
  bourse__release(allocator, journal->by_id);
  journal->by_client = by_client;
  journal->by_id = by_id;
  journal->slot_mask = mask;
  for (bourse__entry *entry = journal->oldest; entry != NULL; entry = entry->newer) enter(entry);
  return 1;
}

/* --- Entries --- */

static void free_entry(bourse__entry *entry) {
  const bourse_allocator *allocator = &entry->journal->context->allocator;
  bourse__arena_free(entry->arena);
  bourse__release(allocator, entry);
}

static void forget(bourse__entry *entry) {
  bourse__journal *journal = entry->journal;
  if (entry->dead) return;
  leave(entry);
  if (entry->older != NULL) entry->older->newer = entry->newer;
  if (entry->newer != NULL) entry->newer->older = entry->older;
  if (journal->oldest == entry) journal->oldest = entry->newer;
  if (journal->newest == entry) journal->newest = entry->older;
  journal->count--;
  if (entry->seen.state == BOURSE_JOURNAL_FINAL) journal->final_count--;
  journal->unwritten -= (uint32_t)entry->unwritten;
  entry->dead = 1;
  if (entry->holders == 0) free_entry(entry);
}

void bourse__entry_hold(bourse__entry *entry) { entry->holders++; }

void bourse__entry_release(bourse__entry *entry) {
  if (--entry->holders == 0 && entry->dead) free_entry(entry);
}

int32_t bourse__entry_set(bourse__entry *entry, const bourse_journal_entry *next) {
  bourse_arena *arena = bourse__arena_new(&entry->journal->context->allocator, 2048);
  bourse_journal_entry copy;
  if (arena == NULL || !bourse__record_copy(arena, info(), &copy, next)) {
    bourse__arena_free(arena);
    return 0;
  }
  int32_t linked = entry->arena != NULL;
  if (linked) leave(entry);
  bourse__arena_free(entry->arena);
  entry->arena = arena;
  entry->seen = copy;
  if (linked) enter(entry);
  return 1;
}

static void note_symbol(bourse__journal *journal, const char *symbol) {
  if (symbol == NULL || journal->symbol_count == BOURSE__JOURNAL_SYMBOLS ||
      strlen(symbol) >= BOURSE__JOURNAL_SYMBOL_SIZE)
    return;
  for (uint32_t i = 0; i < journal->symbol_count; i++)
    if (strcmp(journal->symbols[i], symbol) == 0) return;
  memcpy(journal->symbols[journal->symbol_count++], symbol, strlen(symbol) + 1);
}

bourse__entry *bourse__journal_add(bourse__journal *journal, const bourse_journal_entry *seen) {
  bourse__entry *old = bourse__journal_find(journal, seen->client_order_id);
  if (!grow(journal)) return NULL;
  bourse__entry *entry = bourse__alloc(&journal->context->allocator, sizeof *entry);
  if (entry == NULL) return NULL;
  entry->journal = journal;
  if (!bourse__entry_set(entry, seen)) {
    bourse__release(&journal->context->allocator, entry);
    return NULL;
  }
  if (old != NULL) forget(old);
  entry->older = journal->newest;
  if (journal->newest != NULL) journal->newest->newer = entry;
  journal->newest = entry;
  if (journal->oldest == NULL) journal->oldest = entry;
  journal->count++;
  if (seen->state == BOURSE_JOURNAL_FINAL) journal->final_count++;
  note_symbol(journal, seen->symbol);
  enter(entry);
  return entry;
}

/* --- The store --- */

static int32_t has_store(const bourse__journal *journal) { return journal->context->store.put != NULL; }

static int32_t is_act(const bourse_journal_entry *seen) {
  int32_t operation = seen->operation == NULL ? 0 : bourse_operation_by_name(seen->operation);
  const bourse_operation_info *found = bourse_schema_operation(operation);
  return found != NULL && found->kind != BOURSE_KIND_ORDER;
}

static void make_key(char out[BOURSE_STORE_KEY_MAX], const bourse__journal *journal, const char *kind, const char *id) {
  snprintf(out, BOURSE_STORE_KEY_MAX, "%s/%s%s", kind, journal->prefix, id);
}

static int32_t write(bourse__entry *entry, int32_t durable) {
  bourse__journal *journal = entry->journal;
  char key[BOURSE_STORE_KEY_MAX];
  bourse_text text;
  if (journal->scratch == NULL) journal->scratch = bourse__arena_new(&journal->context->allocator, 8192);
  if (journal->scratch == NULL) return BOURSE_ERROR_MEMORY;
  bourse__arena_reset(journal->scratch);
  bourse_text_init(&text, journal->scratch);
  bourse_text_string(&text, VERSION);
  bourse__record_write_given(&text, info(), &entry->seen);
  bourse_text_char(&text, '}');
  char *json = bourse_text_finish(&text);
  if (json == NULL) return BOURSE_ERROR_MEMORY;
  make_key(key, journal, is_act(&entry->seen) ? "act" : "order", entry->seen.client_order_id);
  const bourse_store *store = &journal->context->store;
  return store->put(store->user_data, key, json, text.length, durable) == 0 ? BOURSE_OK : BOURSE_ERROR_IO;
}

int32_t bourse__journal_write(bourse__entry *entry, int32_t durable) {
  bourse__journal *journal = entry->journal;
  if (!has_store(journal)) return BOURSE_OK;
  int32_t code = write(entry, durable);
  if (entry->dead) return code;
  journal->unwritten -= (uint32_t)entry->unwritten;
  entry->unwritten = code != BOURSE_OK;
  journal->unwritten += (uint32_t)entry->unwritten;
  return code;
}

void bourse__journal_catch_up(bourse__journal *journal) {
  for (bourse__entry *entry = journal->unwritten == 0 ? NULL : journal->oldest, *newer; entry != NULL; entry = newer) {
    newer = entry->newer;
    if (!entry->unwritten) continue;
    if (bourse__journal_write(entry, 0) != BOURSE_OK) return; /* it is still not well */
    if (entry->seen.state == BOURSE_JOURNAL_FINAL && !entry->absent && entry->seen.replacing <= 0 &&
        entry->holders == 0)
      forget(entry);
  }
}

static int32_t read_entry(bourse_journal_entry *out, bourse_arena *arena, const void *bytes, size_t length) {
  static const size_t head = sizeof VERSION - 1;
  bourse_json json;
  memset(out, 0, sizeof *out);
  if (length <= head || memcmp(bytes, VERSION, head) != 0) return 0;
  bourse_json_init(&json, (const char *)bytes + head, length - head - 1);
  return bourse__record_read(&json, info(), out, arena) == BOURSE_OK && bourse_json_finish(&json) == BOURSE_OK &&
         out->client_order_id != NULL && out->state >= BOURSE_JOURNAL_PENDING && out->state <= BOURSE_JOURNAL_FINAL;
}

/* --- Loading --- */

typedef struct stale_key {
  struct stale_key *next;
  char key[];
} stale_key;

typedef struct loading {
  bourse__journal *journal;
  bourse_arena *arena; /* emptied for each */
  bourse_arena *keys;
  stale_key *stale;
  int64_t now_ns; /* at the exchange */
  int32_t only_sweep;
  char bad_key[BOURSE_STORE_KEY_MAX];
} loading;

static int32_t note_stale(loading *l, const char *key) {
  size_t length = strlen(key) + 1;
  stale_key *stale = bourse_arena_alloc(l->keys, sizeof *stale + length);
  if (stale == NULL) return BOURSE_ERROR_MEMORY;
  memcpy(stale->key, key, length);
  stale->next = l->stale;
  l->stale = stale;
  return 0;
}

static int32_t load_one(void *visitor, const char *key, const void *bytes, size_t length) {
  loading *l = visitor;
  bourse_journal_entry seen;
  bourse__arena_reset(l->arena);
  if (!read_entry(&seen, l->arena, bytes, length)) {
    snprintf(l->bad_key, sizeof l->bad_key, "%s", key);
    return l->only_sweep ? 0 : BOURSE_ERROR_IO;
  }
  if (!l->only_sweep) note_symbol(l->journal, seen.symbol);
  if (seen.state == BOURSE_JOURNAL_FINAL && seen.replacing <= 0)
    return seen.resolved_ns + l->journal->keep_ns < l->now_ns ? note_stale(l, key) : 0;
  if (l->only_sweep) return 0;
  bourse__entry *entry = bourse__journal_add(l->journal, &seen);
  return entry == NULL ? BOURSE_ERROR_MEMORY : 0;
}

static int32_t visit_entries(loading *l) {
  const bourse_store *store = &l->journal->context->store;
  static const char *const kinds[] = {"order", "act"};
  char prefix[BOURSE_STORE_KEY_MAX];
  int32_t code = 0;
  for (size_t i = 0; code == 0 && i < 2; i++) {
    make_key(prefix, l->journal, kinds[i], "");
    code = store->each(store->user_data, prefix, load_one, l);
  }
  for (stale_key *stale = l->stale; code == 0 && stale != NULL; stale = stale->next)
    store->remove(store->user_data, stale->key);
  return code;
}

/* Removes old final entries from the store (only_sweep), or loads all that are not final as well. */
static int32_t load(bourse__journal *journal, int64_t now_ns, int32_t only_sweep, bourse__failure *failure) {
  const bourse_allocator *allocator = &journal->context->allocator;
  loading l = {.journal = journal, .now_ns = now_ns, .only_sweep = only_sweep};
  l.arena = bourse__arena_new(allocator, 4096);
  l.keys = bourse__arena_new(allocator, 4096);
  int32_t code = l.arena == NULL || l.keys == NULL ? BOURSE_ERROR_MEMORY : visit_entries(&l);
  bourse__arena_free(l.arena);
  bourse__arena_free(l.keys);
  journal->swept_ns = bourse__loop_monotonic_ns(journal->context->loop);
  if (code == 0 || only_sweep) return BOURSE_OK;
  if (code == BOURSE_ERROR_MEMORY) return bourse__failure_set(failure, code, NULL, "out of memory");
  return bourse__failure_set(failure, BOURSE_ERROR_IO, "store",
                             l.bad_key[0] != '\0'
                                 ? "the store's value of \"%s\" is not an entry of a journal that this library can read"
                                 : "the store could not be read%s",
                             l.bad_key);
}

/* What was being sent when the last program ended may have arrived, and may yet arrive until its time was up. */
static void doubt_pending(bourse_exchange *exchange) {
  int64_t now = bourse__exchange_now_ns(exchange);
  for (bourse__entry *entry = exchange->journal->oldest; entry != NULL; entry = entry->newer) {
    if (entry->seen.state == BOURSE_JOURNAL_PENDING) {
      entry->seen.state = BOURSE_JOURNAL_UNKNOWN;
      entry->seen.outcome = BOURSE_OUTCOME_UNKNOWN;
      entry->seen.given_up_ns = entry->seen.until_ns > now ? entry->seen.until_ns : now;
      bourse__journal_write(entry, 0);
    }
    /* A cancel or an edit of which no answer was noted. */
    if ((entry->seen.state == BOURSE_JOURNAL_OPEN && entry->seen.replacing > 0) ||
        (entry->seen.cancel_ns != 0 &&
         (entry->seen.cancel_outcome == 0 || entry->seen.cancel_outcome == BOURSE_OUTCOME_UNKNOWN)) ||
        (entry->seen.edit_ns != 0 &&
         (entry->seen.edit_outcome == 0 || entry->seen.edit_outcome == BOURSE_OUTCOME_UNKNOWN)))
      entry->doubt_ns = now;
  }
}

static void name_account(bourse__journal *journal, const bourse_exchange *exchange) {
  static const char digits[] = "0123456789abcdef";
  uint8_t hash[32];
  bourse_sha256(hash, exchange->api_key, strlen(exchange->api_key));
  for (int i = 0; i < 8; i++) {
    journal->account[2 * i] = digits[hash[i] >> 4];
    journal->account[2 * i + 1] = digits[hash[i] & 15];
  }
  journal->account[16] = '\0';
}

int32_t bourse__journal_open(bourse_exchange *exchange, bourse__failure *failure) {
  bourse_context *context = exchange->context;
  bourse__journal made = {.context = context, .adapter = exchange->adapter, .environment = exchange->environment};
  name_account(&made, exchange);
  for (bourse__journal *journal = context->journals; journal != NULL; journal = journal->next)
    if (journal->adapter == exchange->adapter && journal->environment == exchange->environment &&
        strcmp(journal->account, made.account) == 0) {
      exchange->journal = journal;
      return BOURSE_OK;
    }
  bourse__journal *journal = bourse__alloc(&context->allocator, sizeof *journal);
  if (journal == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  *journal = made;
  journal->keep_ns = exchange->journal_keep_ns == 0 ? DAY_NS : exchange->journal_keep_ns;
  snprintf(journal->prefix, sizeof journal->prefix, "%.40s/%s/%s/", exchange->adapter->name,
           bourse_enum_name(&bourse__enum_environment, exchange->environment), journal->account);
  journal->next = context->journals;
  context->journals = journal;
  exchange->journal = journal;
  if (!has_store(journal)) return BOURSE_OK;
  int32_t code = load(journal, bourse__exchange_now_ns(exchange), 0, failure);
  if (code != BOURSE_OK) {
    while (journal->oldest != NULL) forget(journal->oldest);
    context->journals = journal->next;
    bourse__release(&context->allocator, journal->by_client);
    bourse__release(&context->allocator, journal->by_id);
    bourse__arena_free(journal->scratch);
    bourse__release(&context->allocator, journal);
    exchange->journal = NULL;
    return code;
  }
  doubt_pending(exchange);
  return BOURSE_OK;
}

/* What was reserved and not used need not be passed over: else nonces would run ahead of the clock, a minute with each start. */
static void give_back_nonces(bourse__journal *journal) {
  const bourse_store *store = &journal->context->store;
  char key[BOURSE_STORE_KEY_MAX], text[24];
  if (journal->nonce_reserved == 0) return;
  make_key(key, journal, "nonce", "");
  snprintf(text, sizeof text, "%" PRIu64, journal->nonce_used);
  store->put(store->user_data, key, text, strlen(text), 0);
}

void bourse__journals_free(bourse_context *context) {
  bourse__journal *journal;
  while ((journal = context->journals) != NULL) {
    context->journals = journal->next;
    give_back_nonces(journal);
    while (journal->oldest != NULL) forget(journal->oldest);
    bourse__arena_free(journal->scratch);
    bourse__release(&context->allocator, journal->by_client);
    bourse__release(&context->allocator, journal->by_id);
    bourse__release(&context->allocator, journal);
  }
}

/* --- Changes --- */

/* Final entries stay in memory only where nothing else holds them; open ones give way when there are too many. */
static void make_room(bourse__journal *journal) {
  bourse__entry *entry = journal->oldest, *newer;
  for (; entry != NULL && (journal->final_count > FINALS_MAX || journal->count > ENTRIES_MAX); entry = newer) {
    newer = entry->newer;
    int32_t state = entry->seen.state;
    if (entry->holders == 0 && !entry->unwritten && entry->seen.replacing <= 0 &&
        ((state == BOURSE_JOURNAL_FINAL && journal->final_count > FINALS_MAX) ||
         (state >= BOURSE_JOURNAL_OPEN && journal->count > ENTRIES_MAX)))
      forget(entry);
  }
}

static bourse_result *queue_event(bourse_exchange *exchange, int32_t kind, int32_t operation,
                                  const bourse_order *order) {
  bourse_context *context = exchange->context;
  bourse__running *event = bourse__alloc(&context->allocator, sizeof *event);
  bourse_result *result = bourse__result_new(&context->allocator, operation, BOURSE_KIND_ORDER);
  bourse_order *copy = result == NULL ? NULL : bourse__result_append(result);
  if (event == NULL || copy == NULL ||
      !bourse__record_copy(result->arena, bourse_schema_record(BOURSE_KIND_ORDER), copy, order)) {
    bourse__release(&context->allocator, event);
    bourse_result_free(result);
    return NULL;
  }
  event->context = context;
  event->exchange = exchange;
  event->info = bourse_schema_operation(operation);
  event->result = result;
  event->finished = 1;
  event->event_kind = kind;
  context->open_requests++;
  bourse__queue_finished(event);
  return result;
}

/* The host is told with an event that an order of unknown fate has one. */
static void tell(bourse_exchange *exchange, const bourse__entry *entry) {
  if (exchange->auto_resolve <= 0 || entry->seen.order_count == 0) return;
  bourse_result *result =
      queue_event(exchange, BOURSE_EVENT_ORDER_RESOLVED, BOURSE_OP_RESOLVE_ORDER, entry->seen.order);
  if (result != NULL) result->outcome = entry->seen.outcome;
}

void bourse__tell_unreplaced(bourse_exchange *exchange, const bourse_order *old, const bourse__failure *why,
                             int32_t outcome) {
  bourse_result *result = queue_event(exchange, BOURSE_EVENT_ORDER_UNREPLACED, BOURSE_OP_EDIT_ORDER, old);
  if (result == NULL) return;
  result->code = why->error.code;
  result->outcome = outcome;
  result->failure = bourse_arena_alloc(result->arena, sizeof *result->failure);
  if (result->failure != NULL) bourse__failure_copy(result->failure, why);
}

void bourse__entry_changed(bourse_exchange *exchange, bourse__entry *entry, int32_t was) {
  bourse__journal *journal = entry->journal;
  int32_t state = entry->seen.state;
  if (entry->seen.replaces != NULL) bourse__replacing_look(exchange, entry); /* before the store has it */
  if (was < BOURSE_JOURNAL_OPEN && state >= BOURSE_JOURNAL_OPEN && entry->seen.resolved_ns == 0)
    entry->seen.resolved_ns = bourse__exchange_now_ns(exchange);
  if (was != BOURSE_JOURNAL_FINAL && state == BOURSE_JOURNAL_FINAL) {
    entry->seen.resolved_ns = bourse__exchange_now_ns(exchange);
    entry->doubt_ns = 0;
    journal->final_count++;
  }
  if (was == BOURSE_JOURNAL_FINAL && state != BOURSE_JOURNAL_FINAL) journal->final_count--;
  if (bourse__journal_write(entry, 0) != BOURSE_OK)
    bourse__log_write(&journal->context->log, BOURSE_LOG_ERROR, "the store did not take what became of order %s",
                      entry->seen.client_order_id);
  else
    bourse__journal_catch_up(journal);
  if (was == BOURSE_JOURNAL_UNKNOWN && state > BOURSE_JOURNAL_UNKNOWN) tell(exchange, entry);
  bourse__composed_poke(exchange, entry);
  if (state == BOURSE_JOURNAL_UNKNOWN || entry->doubt_ns != 0 || bourse__entry_just_fired(entry))
    bourse__resolver_wake(exchange);
  if (entry->seen.replacing > 0) { /* what comes of that writes it again */
    bourse__replacing_look(exchange, entry);
    return;
  }
  if (state == BOURSE_JOURNAL_FINAL && has_store(journal) && !entry->absent && !entry->unwritten) {
    bourse__entry_hold(entry);
    forget(entry);
    bourse__entry_release(entry);
    return;
  }
  make_room(journal);
}

void bourse__entry_absent(bourse_exchange *exchange, bourse__entry *entry) {
  int32_t was = entry->seen.state;
  int32_t may_have_stood =
      exchange->adapter->forgets_conditional > 0 && entry->seen.conditional > 0 && entry->seen.list_client_id == NULL;
  bourse_journal_entry next = entry->seen;
  bourse_order order = {.client_order_id = next.client_order_id,
                        .symbol = next.symbol,
                        .status = BOURSE_ORDER_REJECTED,
                        .side = next.side,
                        .type = next.type,
                        .price = next.price,
                        .amount = next.amount,
                        .contracts = next.contracts,
                        .margin_mode = next.margin_mode,
                        .reason = "never reached the exchange",
                        .outcome = BOURSE_OUTCOME_REJECTED};
  if (may_have_stood) {
    order.status = BOURSE_ORDER_UNKNOWN;
    order.reason = "the exchange has no trace of it: it was not taken, or ended before it was triggered";
    order.outcome = BOURSE_OUTCOME_UNKNOWN;
  }
  next.state = BOURSE_JOURNAL_FINAL;
  next.outcome = order.outcome;
  next.reason = order.reason;
  next.order = &order;
  next.order_count = 1;
  if (!bourse__entry_set(entry, &next)) return; /* asked again later */
  entry->absent = BOURSE__ABSENT;
  bourse__entry_changed(exchange, entry, was);
}

/* --- Learning --- */

/* A client order id may have been used before by somebody else, or by us for an order that is over. */
static int32_t is_ours(const bourse__entry *entry, const bourse_order *order) {
  const bourse_journal_entry *seen = &entry->seen;
  if (order->side != 0 && seen->side != 0 && order->side != seen->side) return 0;
  if (order->symbol != NULL && seen->symbol != NULL && strcmp(order->symbol, seen->symbol) != 0) return 0;
  return order->created_ns == 0 || seen->sent_ns == 0 || order->created_ns > seen->sent_ns - REUSE_NS;
}

static bourse__entry *entry_of(bourse__journal *journal, const bourse_order *order) {
  bourse__entry *entry = bourse__journal_find(journal, order->client_order_id);
  if (entry != NULL && entry->seen.order_id != NULL && order->id != NULL &&
      strcmp(entry->seen.order_id, order->id) != 0 && !is_ours(entry, order))
    entry = NULL;
  if (entry != NULL && !is_ours(entry, order)) return NULL;
  return entry != NULL ? entry : bourse__journal_find_id(journal, order->id, order->symbol);
}

static int32_t is_same(bourse__journal *journal, const bourse_order *a, const bourse_order *b) {
  const bourse_struct_info *order = bourse_schema_record(BOURSE_KIND_ORDER);
  bourse_text texts[2];
  if (journal->scratch == NULL) journal->scratch = bourse__arena_new(&journal->context->allocator, 8192);
  if (journal->scratch == NULL) return 0;
  bourse__arena_reset(journal->scratch);
  bourse_text_init(&texts[0], journal->scratch);
  bourse_text_init(&texts[1], journal->scratch);
  bourse__record_write_given(&texts[0], order, a);
  bourse__record_write_given(&texts[1], order, b);
  return !texts[0].failed && !texts[1].failed && texts[0].length == texts[1].length &&
         memcmp(texts[0].data, texts[1].data, texts[0].length) == 0;
}

static void apply(bourse_exchange *exchange, bourse__entry *entry, const bourse_order *order) {
  int32_t was = entry->seen.state;
  bourse_journal_entry next = entry->seen;
  bourse_order merged = *order;
  if (was == BOURSE_JOURNAL_FINAL && !entry->absent) return; /* it does not change any more */
  int32_t traded = bourse_decimal_is_present(&order->filled) && bourse_decimal_sign(&order->filled) > 0;
  if (entry->absent == BOURSE__REFUSED && bourse__order_is_final(order) && !traded)
    return; /* so some list refused ones */
  if (entry->seen.order_count > 0 && !entry->absent) {
    if (bourse__order_is_older(order, entry->seen.order)) return;
    bourse__order_complete(&merged, entry->seen.order);
    if (was == BOURSE_JOURNAL_OPEN && is_same(entry->journal, &merged, entry->seen.order)) return;
  }
  if (merged.client_order_id == NULL) merged.client_order_id = next.client_order_id;
  if (merged.symbol == NULL) merged.symbol = next.symbol;
  if (merged.id != NULL) next.order_id = merged.id;
  /* From when it fires on, its fate is that of the order which it became, and that is told by its own id. */
  if (merged.status == BOURSE_ORDER_TRIGGERED && merged.triggered_order_id != NULL)
    next.order_id = merged.triggered_order_id;
  next.order = &merged;
  next.order_count = 1;
  next.reason = NULL;
  next.state = bourse__order_is_final(&merged) ? BOURSE_JOURNAL_FINAL : BOURSE_JOURNAL_OPEN;
  /* What is filled in part was accepted, whatever it ended as. */
  traded = bourse_decimal_is_present(&merged.filled) && bourse_decimal_sign(&merged.filled) > 0;
  /* ... and so was what stood there, as a stop does that is refused when it is triggered. */
  int32_t stood = was == BOURSE_JOURNAL_OPEN && entry->seen.order_count > 0 && !entry->absent &&
                  entry->seen.order->status != BOURSE_ORDER_PENDING;
  next.outcome =
      merged.status == BOURSE_ORDER_REJECTED && !traded && !stood ? BOURSE_OUTCOME_REJECTED : BOURSE_OUTCOME_EXECUTED;
  if (!bourse__entry_set(entry, &next)) return;
  /* Two copies of one request arrived, say, and we had the answer to the other. */
  if (entry->absent && next.outcome == BOURSE_OUTCOME_EXECUTED) {
    bourse__log_write(&entry->journal->context->log, BOURSE_LOG_ERROR, "%s has order %s, which had been taken for %s",
                      exchange->adapter->name, entry->seen.client_order_id,
                      entry->absent == BOURSE__REFUSED ? "refused" : "lost on its way");
    tell(exchange, entry);
  }
  entry->absent = 0;
  entry->sent = 1;
  bourse__entry_changed(exchange, entry, was);
}

static int32_t same_text(const char *a, const char *b) { return a != NULL && b != NULL && strcmp(a, b) == 0; }

static int32_t has_condition(const bourse_order *order) {
  return bourse_decimal_is_present(&order->stop_loss_price) || bourse_decimal_is_present(&order->take_profit_price) ||
         bourse_decimal_is_present(&order->trigger_price) || bourse_decimal_is_present(&order->trailing_percent) ||
         bourse_decimal_is_present(&order->trailing_amount);
}

/* Whether a record of a list, whose orders the exchange does not name, is of this entry. */
static int32_t is_of_list(const bourse__entry *entry, const bourse_order *order, int32_t as_one) {
  const bourse_journal_entry *seen = &entry->seen;
  if (!is_ours(entry, order)) return 0;
  if (seen->order_id != NULL) return same_text(seen->order_id, order->id);
  if (!same_text(seen->list_client_id, order->list_client_id)) return 0;
  return as_one || ((seen->conditional > 0) == has_condition(order) &&
                    (!bourse_decimal_is_present(&seen->price) || !bourse_decimal_is_present(&order->price) ||
                     bourse_decimal_compare(&seen->price, &order->price) == 0));
}

/* What is told of all orders of a list, as that of one of them: each keeps what tells it from the others. */
static bourse_order as_own(const bourse__entry *entry, const bourse_order *order) {
  const bourse_journal_entry *seen = &entry->seen;
  const bourse_order *before = seen->order_count > 0 ? seen->order : NULL;
  bourse_order own = *order;
  const bourse_order none = {.id = NULL};
  int32_t is_stop = bourse_decimal_is_present(&seen->stop_loss_price);
  own.type = before != NULL ? before->type : seen->type;
  own.price = before != NULL ? before->price : seen->price;
  own.stop_loss_price = seen->stop_loss_price;
  if (before != NULL || is_stop || seen->conditional <= 0) {
    own.take_profit_price = before != NULL ? before->take_profit_price : none.take_profit_price;
    own.trigger_price = before != NULL ? before->trigger_price : none.trigger_price;
  }
  if (own.status == BOURSE_ORDER_TRIGGERED && own.reason != NULL &&
      strcmp(own.reason, is_stop ? "stop_loss" : "take_profit") != 0) { /* the other one fired */
    own.status = BOURSE_ORDER_CANCELED;
    own.reason = "order_list";
    own.triggered_order_id = NULL;
    own.average = none.average;
    own.filled = none.filled;
  }
  return own;
}

static void learn_of_list(bourse_exchange *exchange, const bourse_order *order) {
  bourse__entry *found[LIST_MAX];
  uint32_t count = 0;
  int32_t as_one = same_text(order->id, order->list_id);
  for (bourse__entry *entry = exchange->journal->oldest; entry != NULL && count < (as_one ? LIST_MAX : 1);
       entry = entry->newer) {
    if (!is_of_list(entry, order, as_one)) continue;
    bourse__entry_hold(entry);
    found[count++] = entry;
  }
  for (uint32_t i = 0; i < count; i++) {
    bourse_order own = as_one ? as_own(found[i], order) : *order;
    own.client_order_id = found[i]->seen.client_order_id;
    apply(exchange, found[i], &own);
    bourse__entry_release(found[i]);
  }
}

void bourse__journal_learn(bourse_exchange *exchange, const bourse_order *order) {
  bourse__journal *journal = exchange->journal;
  if (journal == NULL || journal->count == 0 || order->error != 0) return;
  if (order->list_id != NULL &&
      (order->client_order_id == NULL || same_text(order->client_order_id, order->list_client_id))) {
    learn_of_list(exchange, order);
    return;
  }
  bourse__entry *entry = entry_of(journal, order);
  if (entry != NULL) apply(exchange, entry, order);
}

void bourse__journal_learn_fill(bourse_exchange *exchange, const bourse_fill *fill) {
  bourse__journal *journal = exchange->journal;
  if (journal == NULL || journal->count == 0) return;
  bourse_order order = {.id = fill->order_id,
                        .client_order_id = fill->client_order_id,
                        .symbol = fill->symbol,
                        .market_id = fill->market_id,
                        .side = fill->side,
                        .created_ns = fill->time_ns,
                        .status = BOURSE_ORDER_OPEN};
  bourse__entry *entry = entry_of(journal, &order);
  if (entry == NULL || (!entry->absent && (entry->seen.state == BOURSE_JOURNAL_FINAL || entry->seen.order_count > 0)))
    return;
  order.created_ns = 0; /* that was the fill's */
  apply(exchange, entry, &order);
}

void bourse__journal_adopt(bourse_exchange *exchange, const bourse_order *order, const bourse__entry *replaced) {
  bourse__journal *journal = exchange->journal;
  if (order->client_order_id == NULL || bourse__journal_find(journal, order->client_order_id) != NULL) return;
  int64_t now = bourse__exchange_now_ns(exchange);
  bourse_journal_entry seen = replaced->seen;
  seen.client_order_id = order->client_order_id;
  seen.replaces = replaced->seen.client_order_id;
  seen.order_id = order->id;
  seen.state = BOURSE_JOURNAL_OPEN;
  seen.outcome = BOURSE_OUTCOME_EXECUTED;
  seen.amount = order->amount;
  seen.price = order->price;
  seen.order = NULL;
  seen.order_count = 0;
  seen.created_ns = seen.sent_ns = now;
  seen.given_up_ns = seen.resolved_ns = seen.cancel_ns = seen.edit_ns = 0;
  seen.cancel_outcome = seen.edit_outcome = 0;
  bourse__entry *entry = bourse__journal_add(journal, &seen);
  if (entry != NULL) apply(exchange, entry, order);
}

/* --- Listing --- */

typedef struct listing {
  bourse__running *running;
  const char *client_id;
  int32_t code;
} listing;

static int32_t append_entry(bourse__running *running, const bourse_journal_entry *seen) {
  bourse_journal_entry *record = bourse_append(&running->call, BOURSE_KIND_JOURNAL_ENTRY);
  if (record == NULL || !bourse__record_copy(running->result->arena, info(), record, seen)) return BOURSE_ERROR_MEMORY;
  return BOURSE_OK;
}

static int32_t list_one(void *visitor, const char *key, const void *bytes, size_t length) {
  listing *l = visitor;
  bourse_journal_entry seen;
  (void)key;
  if (!read_entry(&seen, l->running->result->arena, bytes, length)) return BOURSE_ERROR_IO;
  if (l->client_id != NULL && strcmp(l->client_id, seen.client_order_id) != 0) return 0;
  if (bourse__journal_find(l->running->exchange->journal, seen.client_order_id) != NULL)
    return 0; /* memory knows it better */
  return append_entry(l->running, &seen);
}

static int by_age(const void *a, const void *b) {
  int64_t left = ((const bourse_journal_entry *)a)->created_ns, right = ((const bourse_journal_entry *)b)->created_ns;
  return left < right ? -1 : left > right;
}

int32_t bourse__journal_list(bourse__running *running, const char *client_id) {
  bourse__journal *journal = running->exchange->journal;
  const bourse_store *store = &running->context->store;
  listing l = {.running = running, .client_id = client_id};
  char prefix[BOURSE_STORE_KEY_MAX];
  int32_t code = BOURSE_OK;
  if (journal == NULL) return BOURSE_OK;
  bourse__journal_catch_up(journal);
  for (bourse__entry *entry = journal->oldest; code == BOURSE_OK && entry != NULL; entry = entry->newer)
    if (client_id == NULL || strcmp(client_id, entry->seen.client_order_id) == 0)
      code = append_entry(running, &entry->seen);
  for (int i = 0; code == BOURSE_OK && store->each != NULL && i < 2; i++) {
    make_key(prefix, journal, i == 0 ? "order" : "act", client_id == NULL ? "" : client_id);
    code = store->each(store->user_data, prefix, list_one, &l);
  }
  if (code != BOURSE_OK && running->failure.error.code == BOURSE_OK)
    bourse_fail(&running->call, code == BOURSE_ERROR_MEMORY ? code : BOURSE_ERROR_IO, NULL,
                "the store could not be read");
  if (code == BOURSE_OK && running->result->count > 1)
    qsort(running->result->records, running->result->count, sizeof(bourse_journal_entry), by_age);
  return code;
}

int32_t bourse_journal_forget(bourse_exchange *exchange, const char *client_order_id) {
  if (exchange == NULL || client_order_id == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_context *context = exchange->context;
  if (context == NULL) return BOURSE_ERROR_STATE;
  bourse__failure *failure = &context->failure;
  bourse__entry *entry = bourse__journal_find(exchange->journal, client_order_id);
  char key[BOURSE_STORE_KEY_MAX];
  if (entry == NULL) {
    if (!bourse__is_clean_text(client_order_id, strlen(client_order_id)) || strlen(client_order_id) > 200)
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "client_order_id",
                                 "client_order_id is not clean text");
    if (exchange->journal == NULL || !has_store(exchange->journal))
      return bourse__failure_set(failure, BOURSE_ERROR_NOT_FOUND, "client_order_id", "the journal has no entry \"%s\"",
                                 client_order_id);
  }
  if (entry != NULL && entry->holders > 0)
    return bourse__failure_set(failure, BOURSE_ERROR_STATE, "client_order_id", "%s is under way now", client_order_id);
  if (has_store(exchange->journal)) {
    const bourse_store *store = &context->store;
    for (int i = 0; i < 2; i++) {
      make_key(key, exchange->journal, i == 0 ? "order" : "act", client_order_id);
      if (store->remove(store->user_data, key) != 0)
        return bourse__failure_set(failure, BOURSE_ERROR_IO, NULL, "the store could not remove %s", client_order_id);
    }
  }
  if (entry != NULL) forget(entry);
  return BOURSE_OK;
}

/* --- Nonces --- */

static int32_t read_nonce(void *visitor, const char *key, const void *bytes, size_t length) {
  uint64_t *out = visitor, value = 0;
  (void)key;
  for (size_t i = 0; i < length && ((const char *)bytes)[i] >= '0' && ((const char *)bytes)[i] <= '9'; i++)
    value = value * 10 + (uint64_t)(((const char *)bytes)[i] - '0');
  if (value > *out) *out = value;
  return 0;
}

uint64_t bourse__journal_nonce(bourse_exchange *exchange, uint64_t wanted) {
  bourse__journal *journal = exchange->journal;
  const bourse_store *store = &exchange->context->store;
  char key[BOURSE_STORE_KEY_MAX], text[24];
  if (journal == NULL || !has_store(journal) || exchange->adapter->nonces <= 0) return wanted;
  snprintf(key, sizeof key, "nonce/%s", journal->prefix);
  if (journal->nonce_reserved == 0) {
    /* What the last program had reserved it may have used. */
    uint64_t used = 0;
    if (store->each(store->user_data, key, read_nonce, &used) != 0) return 0;
    if (wanted <= used) wanted = used + 1;
  }
  if (wanted < journal->nonce_reserved) return journal->nonce_used = wanted;
  uint64_t reserved = wanted + (uint64_t)(NONCE_AHEAD_NS / exchange->nonce_unit_ns);
  snprintf(text, sizeof text, "%" PRIu64, reserved);
  if (store->put(store->user_data, key, text, strlen(text), 1) != 0) return 0;
  journal->nonce_reserved = reserved;
  return journal->nonce_used = wanted;
}
