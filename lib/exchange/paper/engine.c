/* paper/engine.c - life of orders: creating, keeping, ending, lists, cancelling, editing. */
#include "exchange/paper/engine.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/arena.h"
#include "exchange/paper/state.h"

typedef struct reason_row {
  int32_t code;
  const char *text;
} reason_row;

static const reason_row reasons[] = {
    [PAPER_NO_REASON] = {BOURSE_OK, ""},
    [PAPER_BAD_ARGUMENT] = {BOURSE_ERROR_BAD_REQUEST, "bad_argument"},
    [PAPER_UNSUPPORTED] = {BOURSE_ERROR_INVALID_ORDER, "unsupported"},
    [PAPER_BAD_TICK] = {BOURSE_ERROR_INVALID_ORDER, "price_tick"},
    [PAPER_BAD_STEP] = {BOURSE_ERROR_INVALID_ORDER, "amount_step"},
    [PAPER_PRICE_RANGE] = {BOURSE_ERROR_INVALID_ORDER, "price_range"},
    [PAPER_AMOUNT_MIN] = {BOURSE_ERROR_INVALID_ORDER, "amount_min"},
    [PAPER_AMOUNT_MAX] = {BOURSE_ERROR_INVALID_ORDER, "amount_max"},
    [PAPER_COST_MIN] = {BOURSE_ERROR_INVALID_ORDER, "cost_min"},
    [PAPER_TOO_LARGE] = {BOURSE_ERROR_INVALID_ORDER, "too_large"},
    [PAPER_NO_FUNDS] = {BOURSE_ERROR_INSUFFICIENT_FUNDS, "insufficient_funds"},
    [PAPER_WOULD_TAKE] = {BOURSE_ERROR_POST_ONLY, "post_only"},
    [PAPER_UNFILLED] = {BOURSE_ERROR_UNFILLED, "unfilled"},
    [PAPER_NO_LIQUIDITY] = {BOURSE_ERROR_NO_LIQUIDITY, "no_liquidity"},
    [PAPER_WOULD_TRIGGER] = {BOURSE_ERROR_WOULD_TRIGGER, "would_trigger"},
    [PAPER_DUPLICATE] = {BOURSE_ERROR_DUPLICATE_ORDER, "duplicate_client_order_id"},
    [PAPER_UNKNOWN_ORDER] = {BOURSE_ERROR_ORDER_NOT_FOUND, "unknown_order"},
    [PAPER_REDUCE_ONLY] = {BOURSE_ERROR_REDUCE_ONLY, "reduce_only"},
    [PAPER_POSITION_MODE] = {BOURSE_ERROR_POSITION, "position_mode"},
    [PAPER_POSITION_LIMIT] = {BOURSE_ERROR_POSITION, "position_limit"},
    [PAPER_TOO_MANY] = {BOURSE_ERROR_TOO_MANY_ORDERS, "too_many_orders"},
    [PAPER_SELF_TRADE] = {BOURSE_ERROR_INVALID_ORDER, "self_trade"},
    [PAPER_EXPIRED] = {BOURSE_ERROR_INVALID_ORDER, "expired"},
    [PAPER_CANCELED] = {BOURSE_ERROR_INVALID_ORDER, "canceled"},
    [PAPER_LIST] = {BOURSE_ERROR_INVALID_ORDER, "order_list"},
    [PAPER_LIQUIDATED] = {BOURSE_ERROR_POSITION, "liquidation"},
    [PAPER_NO_CHANGE] = {BOURSE_ERROR_NO_CHANGE, "no_change"},
    [PAPER_MEMORY] = {BOURSE_ERROR_MEMORY, "out_of_memory"},
};

const char *bourse__paper_reason_text(int32_t reason) { return reasons[reason].text; }
int32_t bourse__paper_reason_code(int32_t reason) { return reasons[reason].code; }

int32_t bourse__paper_refuse(paper_engine *engine, int32_t reason, const char *field, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(engine->error.text, sizeof engine->error.text, format, arguments);
  va_end(arguments);
  engine->error.reason = reason;
  engine->error.field = field;
  return engine->error.code = reasons[reason].code;
}

const paper_error *bourse__paper_error(const paper_engine *engine) { return &engine->error; }

/* --- Rings --- */

int32_t bourse__paper_ring_reserve(paper_engine *engine, paper_ring *ring, uint32_t more) {
  uint32_t wanted = more > ring->limit - ring->count ? ring->limit : ring->count + more;
  if (wanted <= ring->capacity) return 1;
  uint32_t capacity = ring->capacity < 16 ? 16 : ring->capacity;
  while (capacity < wanted) capacity = capacity > ring->limit / 2 ? ring->limit : capacity * 2;
  if (capacity > ring->limit) capacity = ring->limit;
  char *items = engine->config.allocator.allocate(engine->config.allocator.user_data, (size_t)capacity * ring->size);
  if (items == NULL) return 0;
  uint32_t tail = ring->capacity - ring->first; /* items up to the wrap */
  if (tail > ring->count) tail = ring->count;
  if (ring->count > 0) {
    memcpy(items, ring->items + (size_t)ring->first * ring->size, (size_t)tail * ring->size);
    memcpy(items + (size_t)tail * ring->size, ring->items, (size_t)(ring->count - tail) * ring->size);
  }
  bourse__release(&engine->config.allocator, ring->items);
  ring->items = items;
  ring->capacity = capacity;
  ring->first = 0;
  return 1;
}

void *bourse__paper_ring_push(paper_ring *ring) {
  if (ring->capacity == 0) return NULL;
  if (ring->count == ring->capacity) {
    ring->first = (ring->first + 1) % ring->capacity;
    ring->count--;
  }
  uint32_t at = ring->first + ring->count++;
  if (at >= ring->capacity) at -= ring->capacity;
  return ring->items + (size_t)at * ring->size;
}

const void *bourse__paper_ring_at(const paper_ring *ring, uint32_t index) {
  if (index >= ring->count) return NULL;
  return ring->items + (size_t)((ring->first + index) % ring->capacity) * ring->size;
}

/* --- Events --- */

paper_event *bourse__paper_emit(paper_engine *engine, int32_t kind, uint32_t account, uint32_t market) {
  if ((engine->config.events >> kind & 1u) == 0) return NULL;
  if (account != UINT32_MAX && engine->accounts[account].unlimited) return NULL;
  uint64_t sequence = ++engine->sequence;
  if (!bourse__paper_ring_reserve(engine, &engine->events, 1)) return NULL; /* seen as a gap in the sequence */
  paper_event *event = bourse__paper_ring_push(&engine->events);
  event->sequence = sequence;
  event->time_ns = engine->now_ns;
  event->kind = kind;
  event->account = account;
  event->market = market;
  return event;
}

void bourse__paper_emit_order(paper_engine *engine, const paper_order *order) {
  paper_event *event = bourse__paper_emit(engine, PAPER_EVENT_ORDER, order->account, order->market);
  if (event != NULL) event->u.order = *order;
}

const paper_event *bourse__paper_next_event(paper_engine *engine) {
  paper_ring *ring = &engine->events;
  if (ring->count == 0) return NULL;
  const paper_event *event = bourse__paper_ring_at(ring, 0);
  ring->first = (ring->first + 1) % ring->capacity; /* its bytes stay until something is pushed */
  ring->count--;
  return event;
}

uint64_t bourse__paper_sequence(const paper_engine *engine) { return engine->sequence; }

/* --- Orders in memory --- */

void bourse__paper_chain_append(paper_chain *chain, paper_order *order) {
  order->previous = chain->last;
  order->next = NULL;
  if (chain->last != NULL)
    chain->last->next = order;
  else
    chain->first = order;
  chain->last = order;
}

void bourse__paper_chain_remove(paper_chain *chain, paper_order *order) {
  if (order->previous != NULL)
    order->previous->next = order->next;
  else
    chain->first = order->next;
  if (order->next != NULL)
    order->next->previous = order->previous;
  else
    chain->last = order->previous;
  order->previous = order->next = NULL;
}

static void owner_append(paper_chain *chain, paper_order *order) {
  order->owner_previous = chain->last;
  order->owner_next = NULL;
  if (chain->last != NULL)
    chain->last->owner_next = order;
  else
    chain->first = order;
  chain->last = order;
}

static void owner_remove(paper_chain *chain, paper_order *order) {
  if (order->owner_previous != NULL)
    order->owner_previous->owner_next = order->owner_next;
  else
    chain->first = order->owner_next;
  if (order->owner_next != NULL)
    order->owner_next->owner_previous = order->owner_previous;
  else
    chain->last = order->owner_previous;
}

static void all_append(paper_chain *chain, paper_order *order) {
  order->all_previous = chain->last;
  if (chain->last != NULL)
    chain->last->all_next = order;
  else
    chain->first = order;
  chain->last = order;
}

static void all_remove(paper_chain *chain, paper_order *order) {
  if (order->all_previous != NULL)
    order->all_previous->all_next = order->all_next;
  else
    chain->first = order->all_next;
  if (order->all_next != NULL)
    order->all_next->all_previous = order->all_previous;
  else
    chain->last = order->all_previous;
}

paper_order *bourse__paper_order_new(paper_engine *engine, uint32_t account, uint32_t market) {
  if (!bourse__paper_book_reserve(engine, &engine->markets[market])) return NULL;
  if (engine->unused == NULL) {
    paper_slab *slab = engine->config.allocator.allocate(engine->config.allocator.user_data, sizeof *slab);
    if (slab == NULL) return NULL;
    slab->next = engine->slabs;
    engine->slabs = slab;
    for (size_t i = sizeof slab->orders / sizeof slab->orders[0]; i > 0; i--) {
      slab->orders[i - 1].next = engine->unused;
      engine->unused = &slab->orders[i - 1];
    }
  }
  paper_order *order = engine->unused;
  engine->unused = order->next;
  memset(order, 0, sizeof *order);
  order->id = engine->next_id++;
  order->account = account;
  order->market = market;
  order->status = BOURSE_ORDER_OPEN;
  order->created_ns = order->updated_ns = engine->now_ns;
  return order;
}

void bourse__paper_order_drop(paper_engine *engine, paper_order *order) {
  if (order == NULL) return;
  order->next = engine->unused;
  engine->unused = order;
}

static uint32_t client_bucket(const paper_engine *engine, uint32_t account, const char *client_id) {
  uint64_t hash = UINT64_C(14695981039346656037) ^ account;
  for (; *client_id != '\0'; client_id++) hash = (hash ^ (uint8_t)*client_id) * UINT64_C(1099511628211);
  return (uint32_t)(hash ^ hash >> 32) & (engine->bucket_count - 1);
}

static void table_add(paper_engine *engine, paper_order *order) {
  paper_order **slot = &engine->by_id[order->id & (engine->bucket_count - 1)];
  order->id_next = *slot;
  *slot = order;
  if (order->client_id[0] == '\0') return;
  slot = &engine->by_client[client_bucket(engine, order->account, order->client_id)];
  order->client_next = *slot;
  *slot = order;
}

static void table_remove(paper_engine *engine, paper_order *order) {
  paper_order **slot = &engine->by_id[order->id & (engine->bucket_count - 1)];
  while (*slot != order) slot = &(*slot)->id_next;
  *slot = order->id_next;
  engine->kept--;
  if (order->client_id[0] == '\0') return;
  slot = &engine->by_client[client_bucket(engine, order->account, order->client_id)];
  while (*slot != order) slot = &(*slot)->client_next;
  *slot = order->client_next;
}

/* Longer chains are slower, not wrong: without memory the tables stay as they are. */
static void tables_grow(paper_engine *engine) {
  uint32_t count = engine->bucket_count * 2;
  paper_order **by_id = bourse__alloc(&engine->config.allocator, count * sizeof(paper_order *));
  paper_order **by_client = bourse__alloc(&engine->config.allocator, count * sizeof(paper_order *));
  if (by_id == NULL || by_client == NULL) {
    bourse__release(&engine->config.allocator, by_id);
    bourse__release(&engine->config.allocator, by_client);
    return;
  }
  bourse__release(&engine->config.allocator, engine->by_id);
  bourse__release(&engine->config.allocator, engine->by_client);
  engine->by_id = by_id;
  engine->by_client = by_client;
  engine->bucket_count = count;
  for (uint32_t a = 0; a < engine->account_count; a++)
    for (paper_order *order = engine->accounts[a].all.first; order != NULL; order = order->all_next)
      table_add(engine, order);
}

void bourse__paper_order_keep(paper_engine *engine, paper_order *order) {
  paper_account *account = account_of(engine, order);
  own_side(market_of(engine, order), order)->alive++;
  owner_append(&account->open, order);
  account->open_count++;
  account->holdings[order->market].open_orders++;
  if (account->unlimited) return;
  if (engine->kept >= engine->bucket_count && engine->bucket_count < UINT32_C(1) << 30) tables_grow(engine);
  all_append(&account->all, order);
  table_add(engine, order);
  engine->kept++;
  if (order->expire_ns != 0 && order->expire_ns < engine->next_expiry_ns) engine->next_expiry_ns = order->expire_ns;
}

static void list_forget(paper_engine *engine, paper_order *order) {
  paper_list *list = order->list;
  paper_account *account = &engine->accounts[list->account];
  list->orders[order->leg] = NULL;
  for (uint32_t i = 0; i < list->count; i++)
    if (list->orders[i] != NULL) return;
  if (list->previous != NULL)
    list->previous->next = list->next;
  else
    account->first_list = list->next;
  if (list->next != NULL)
    list->next->previous = list->previous;
  else
    account->last_list = list->previous;
  bourse__release(&engine->config.allocator, list);
}

static void forget_oldest(paper_engine *engine, paper_account *account) {
  paper_order *order = account->closed.first;
  owner_remove(&account->closed, order);
  account->closed_count--;
  all_remove(&account->all, order);
  table_remove(engine, order);
  if (order->list != NULL) list_forget(engine, order);
  bourse__paper_order_drop(engine, order);
}

static void leave_place(paper_engine *engine, paper_order *order) {
  switch (order->place) {
    case PAPER_ON_BOOK: bourse__paper_book_remove(engine, order); break;
    case PAPER_CONDITIONAL: bourse__paper_chain_remove(&market_of(engine, order)->conditionals, order); break;
    case PAPER_QUEUED: bourse__paper_chain_remove(&engine->queued, order); break;
    case PAPER_DELAYED: bourse__paper_chain_remove(&engine->delayed, order); break;
    default: break;
  }
  order->place = PAPER_NOWHERE;
}

void bourse__paper_finish(paper_engine *engine, paper_order *order, int32_t status, int32_t reason) {
  paper_account *account = account_of(engine, order);
  leave_place(engine, order);
  bourse__paper_unlock(engine, order);
  own_side(market_of(engine, order), order)->alive--;
  owner_remove(&account->open, order);
  account->open_count--;
  account->holdings[order->market].open_orders--;
  if (account->unlimited) {
    bourse__paper_order_drop(engine, order);
    return;
  }
  order->status = status;
  order->reason = reason;
  order->updated_ns = engine->now_ns;
  owner_append(&account->closed, order);
  account->closed_count++;
  bourse__paper_emit_order(engine, order);
  if (order->list != NULL) bourse__paper_list_ended(engine, order);
  if (account->closed_count > engine->config.history_limit) forget_oldest(engine, account);
}

int32_t bourse__paper_is_open(const paper_order *order) {
  return order->status == BOURSE_ORDER_OPEN || order->status == BOURSE_ORDER_PENDING ||
         order->status == BOURSE_ORDER_UNTRIGGERED;
}

paper_order *bourse__paper_find(const paper_engine *engine, uint32_t account, uint64_t id, const char *client_id) {
  paper_order *found = NULL;
  if (id != 0) {
    for (paper_order *order = engine->by_id[id & (engine->bucket_count - 1)]; order != NULL; order = order->id_next)
      if (order->id == id) return order->account == account ? order : NULL;
    return NULL;
  }
  if (client_id == NULL || client_id[0] == '\0') return NULL;
  for (paper_order *order = engine->by_client[client_bucket(engine, account, client_id)]; order != NULL;
       order = order->client_next) /* the newest of those that share the id */
    if (order->account == account && (found == NULL || order->id > found->id) &&
        strcmp(order->client_id, client_id) == 0)
      found = order;
  return found;
}

paper_list *bourse__paper_find_list(const paper_engine *engine, uint32_t account, uint64_t id, const char *client_id) {
  for (paper_list *list = engine->accounts[account].last_list; list != NULL; list = list->previous)
    if (id != 0 ? list->id == id : client_id != NULL && strcmp(list->client_id, client_id) == 0) return list;
  return NULL;
}

/* --- Submitting --- */

static int32_t check_client_id(paper_engine *engine, const paper_order *order) {
  if (order->client_id[0] == '\0') return BOURSE_OK;
  const paper_order *other = bourse__paper_find(engine, order->account, 0, order->client_id);
  if (other == NULL || (engine->config.client_ids_reusable && !bourse__paper_is_open(other))) return BOURSE_OK;
  return bourse__paper_refuse(engine, PAPER_DUPLICATE, "client_order_id", "client_order_id %s is in use by order %llu",
                              order->client_id, (unsigned long long)other->id);
}

static int32_t check_count(paper_engine *engine, uint32_t account, uint32_t more) {
  uint32_t limit = engine->config.open_order_limit;
  if (limit == 0 || engine->accounts[account].open_count + more <= limit) return BOURSE_OK;
  return bourse__paper_refuse(engine, PAPER_TOO_MANY, NULL, "%u orders are open; %u are allowed",
                              engine->accounts[account].open_count, limit);
}

static void delay(paper_engine *engine, paper_order *order) {
  order->due_ns = engine->now_ns + engine->config.latency_ns;
  order->place = PAPER_DELAYED;
  bourse__paper_chain_append(&engine->delayed, order);
  bourse__paper_emit_order(engine, order);
}

static int32_t has_attached(const bourse_order_request *request) {
  return bourse_decimal_is_present(&request->attached_stop_loss_trigger) > 0 ||
         bourse_decimal_is_present(&request->attached_take_profit_trigger) > 0 ||
         bourse_decimal_is_present(&request->attached_stop_loss_price) > 0 ||
         bourse_decimal_is_present(&request->attached_take_profit_price) > 0;
}

/* An attached leg: the other way round, sized by what the first order received. */
static void attached_leg(bourse_order_request *leg, const bourse_order_request *request, int32_t linear,
                         const bourse_decimal *price) {
  memset(leg, 0, sizeof *leg);
  leg->struct_size = sizeof *leg;
  leg->api_version = BOURSE_API_VERSION;
  leg->side = request->side == BOURSE_SIDE_BUY ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  leg->type = bourse_decimal_is_present(price) ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  leg->price = *price;
  leg->position_side = request->position_side;
  leg->reduce_only = linear ? BOURSE_YES : BOURSE_UNSET;
  leg->trigger_by = request->trigger_by;
}

static int32_t submit_with_attached(paper_order **out, paper_engine *engine, uint32_t account, uint32_t market,
                                    const bourse_order_request *request) {
  bourse_order_request first = *request, stop, take;
  const bourse_order_request *legs[PAPER_LIST_MAX] = {&first, NULL, NULL};
  uint32_t count = 1;
  paper_list *list = NULL;
  int32_t linear = engine->markets[market].linear;
  memset(&first.attached_stop_loss_trigger, 0, 4 * sizeof(bourse_decimal));
  attached_leg(&stop, request, linear, &request->attached_stop_loss_price);
  attached_leg(&take, request, linear, &request->attached_take_profit_price);
  stop.stop_loss_price = request->attached_stop_loss_trigger;
  take.take_profit_price = request->attached_take_profit_trigger;
  if (bourse_decimal_is_present(&stop.stop_loss_price))
    legs[count++] = &stop;
  else if (bourse_decimal_is_present(&stop.price))
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "attached_stop_loss_price", "it needs its trigger");
  if (bourse_decimal_is_present(&take.take_profit_price))
    legs[count++] = &take;
  else if (bourse_decimal_is_present(&take.price))
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "attached_take_profit_price", "it needs its trigger");
  int32_t code = bourse__paper_submit_list(&list, engine, account, market,
                                           count == 2 ? BOURSE_LIST_OPO : BOURSE_LIST_OPOCO, legs, count, NULL);
  if (code == BOURSE_OK && out != NULL && list != NULL) *out = list->orders[0];
  return code;
}

int32_t bourse__paper_submit(paper_order **out, paper_engine *engine, uint32_t account, uint32_t market,
                             const bourse_order_request *request) {
  if (out != NULL) *out = NULL;
  if (has_attached(request)) return submit_with_attached(out, engine, account, market, request);
  paper_order *order = bourse__paper_order_new(engine, account, market);
  if (order == NULL) return bourse__paper_refuse(engine, PAPER_MEMORY, NULL, "out of memory");
  int32_t code = bourse__paper_read_order(engine, order, request, 0);
  if (code == BOURSE_OK) code = check_client_id(engine, order);
  if (code == BOURSE_OK) code = check_count(engine, account, 1);
  int32_t now = engine->config.latency_ns == 0;
  if (code == BOURSE_OK && (now || request->test > 0)) code = bourse__paper_admit(engine, order);
  if (code != BOURSE_OK || request->test > 0) {
    bourse__paper_unlock(engine, order);
    bourse__paper_order_drop(engine, order);
    return code;
  }
  bourse__paper_order_keep(engine, order);
  if (out != NULL) *out = order;
  if (now)
    bourse__paper_run(engine, order);
  else
    delay(engine, order);
  bourse__paper_settle_queue(engine);
  return BOURSE_OK;
}

/* --- Lists --- */

static int32_t check_list(paper_engine *engine, int32_t kind, paper_order *const *orders, uint32_t count) {
  uint32_t wanted = kind == BOURSE_LIST_OTOCO || kind == BOURSE_LIST_OPOCO ? 3 : 2;
  if (kind < BOURSE_LIST_OCO || kind > BOURSE_LIST_OPOCO)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "list_kind", "list_kind %d is none", kind);
  if (count != wanted)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "orders", "%u orders are given; this kind of list has %u",
                                count, wanted);
  for (uint32_t i = 0; i < count; i++)
    for (uint32_t j = 0; j < i; j++)
      if (orders[i]->client_id[0] != '\0' && strcmp(orders[i]->client_id, orders[j]->client_id) == 0)
        return bourse__paper_refuse(engine, PAPER_DUPLICATE, "client_order_id", "client_order_id %s is given twice",
                                    orders[i]->client_id);
  if (wanted == 2 && kind != BOURSE_LIST_OCO) return BOURSE_OK;
  const paper_order *a = orders[count - 2], *b = orders[count - 1];
  if (a->side != b->side || a->amount != b->amount || a->position_side != b->position_side)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "orders",
                                "the two that cancel each other differ in side or amount");
  for (uint32_t i = count - 2; i < count; i++)
    if (orders[i]->type == BOURSE_ORDER_MARKET && orders[i]->trigger_kind == PAPER_TRIGGER_NONE)
      return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "orders",
                                  "a market order without a trigger cannot wait in a pair");
  return BOURSE_OK;
}

/* Both must get in, or none: the second is tried with the first's money held, and taken back when it is refused. */
static int32_t admit_list(paper_engine *engine, paper_list *list) {
  uint32_t at_once = list->kind == BOURSE_LIST_OCO ? 2 : 1;
  int32_t code = BOURSE_OK;
  for (uint32_t i = 0; i < at_once && code == BOURSE_OK; i++) code = bourse__paper_admit(engine, list->orders[i]);
  if (code != BOURSE_OK)
    for (uint32_t i = 0; i < at_once; i++) bourse__paper_unlock(engine, list->orders[i]);
  return code;
}

static void start_list(paper_engine *engine, paper_list *list) {
  paper_account *account = &engine->accounts[list->account];
  list->previous = account->last_list;
  if (account->last_list != NULL)
    account->last_list->next = list;
  else
    account->first_list = list;
  account->last_list = list;
  uint32_t at_once = list->kind == BOURSE_LIST_OCO ? 2 : 1;
  for (uint32_t i = 0; i < list->count; i++) bourse__paper_order_keep(engine, list->orders[i]);
  for (uint32_t i = at_once; i < list->count; i++) {
    list->orders[i]->status = BOURSE_ORDER_PENDING;
    list->orders[i]->place = PAPER_WAITING;
    bourse__paper_emit_order(engine, list->orders[i]);
  }
  for (uint32_t i = 0; i < at_once; i++) {
    if (!bourse__paper_is_open(list->orders[i])) continue; /* the other one has traded at once */
    if (engine->config.latency_ns == 0)
      bourse__paper_run(engine, list->orders[i]);
    else
      delay(engine, list->orders[i]);
  }
  bourse__paper_settle_queue(engine);
}

int32_t bourse__paper_submit_list(paper_list **out, paper_engine *engine, uint32_t account, uint32_t market,
                                  int32_t kind, const bourse_order_request *const *requests, uint32_t count,
                                  const char *client_id) {
  int32_t code = BOURSE_OK, test = 0;
  if (out != NULL) *out = NULL;
  if (count < 2 || count > PAPER_LIST_MAX)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "orders", "%u orders are given; a list has 2 or 3", count);
  if (client_id != NULL && strlen(client_id) >= PAPER_CLIENT_ID_SIZE)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "client_order_id",
                                "the list's client_order_id is too long");
  paper_list *list = bourse__alloc(&engine->config.allocator, sizeof *list);
  if (list == NULL) return bourse__paper_refuse(engine, PAPER_MEMORY, NULL, "out of memory");
  list->id = engine->next_id++;
  list->kind = kind;
  list->account = account;
  list->market = market;
  list->count = count;
  list->created_ns = engine->now_ns;
  if (client_id != NULL) memcpy(list->client_id, client_id, strlen(client_id) + 1);
  int32_t sized = kind == BOURSE_LIST_OPO || kind == BOURSE_LIST_OPOCO;
  for (uint32_t i = 0; i < count && code == BOURSE_OK; i++) {
    paper_order *order = list->orders[i] = bourse__paper_order_new(engine, account, market);
    if (order == NULL) {
      code = bourse__paper_refuse(engine, PAPER_MEMORY, NULL, "out of memory");
      break;
    }
    if (has_attached(requests[i]))
      code = bourse__paper_refuse(engine, PAPER_UNSUPPORTED, "orders", "orders of a list cannot have attached orders");
    if (code == BOURSE_OK) code = bourse__paper_read_order(engine, order, requests[i], sized && i > 0);
    if (code == BOURSE_OK) code = check_client_id(engine, order);
    if (requests[i]->test > 0) test = 1;
    order->list = list;
    order->leg = i;
  }
  if (code == BOURSE_OK) code = check_list(engine, kind, list->orders, count);
  if (code == BOURSE_OK) code = check_count(engine, account, count);
  if (code == BOURSE_OK && (engine->config.latency_ns == 0 || test)) code = admit_list(engine, list);
  if (code != BOURSE_OK || test) {
    for (uint32_t i = 0; i < count && list->orders[i] != NULL; i++) {
      bourse__paper_unlock(engine, list->orders[i]);
      bourse__paper_order_drop(engine, list->orders[i]);
    }
    bourse__release(&engine->config.allocator, list);
    return code;
  }
  if (out != NULL) *out = list;
  start_list(engine, list);
  return BOURSE_OK;
}

/* --- Cancelling and editing --- */

int32_t bourse__paper_cancel(paper_engine *engine, paper_order *order) {
  if (order == NULL || !bourse__paper_is_open(order))
    return bourse__paper_refuse(engine, PAPER_UNKNOWN_ORDER, "order_id", "there is no such open order");
  paper_list *list = order->list;
  bourse__paper_finish(engine, order, BOURSE_ORDER_CANCELED, PAPER_CANCELED);
  for (uint32_t i = 0; list != NULL && i < list->count; i++)
    if (list->orders[i] != NULL && bourse__paper_is_open(list->orders[i]))
      bourse__paper_finish(engine, list->orders[i], BOURSE_ORDER_CANCELED, PAPER_CANCELED);
  bourse__paper_settle_queue(engine);
  return BOURSE_OK;
}

/* What the order would be after the change, checked as far as it can be without moving anything. */
static int32_t read_edit(paper_engine *engine, paper_order *edited, const bourse_order_request *changes) {
  bourse_order_request as_new = *changes;
  const paper_market *market = market_of(engine, edited);
  paper_order fresh = *edited;
  bourse_decimal none = {0, 0, 0, 0};
  as_new.side = edited->side;
  as_new.type = edited->type;
  as_new.time_in_force = 0;
  as_new.expire_ns = 0;
  as_new.position_side = edited->position_side;
  as_new.post_only = as_new.close_position = as_new.self_trade = 0;
  as_new.reduce_only = edited->reduce_only;
  as_new.client_order_id = NULL;
  as_new.cost = as_new.iceberg_amount = none;
  if (edited->type == BOURSE_ORDER_LIMIT && !bourse_decimal_is_present(&as_new.price))
    as_new.price = bourse__paper_decimal(edited->price, market->price_scale);
  if (edited->amount > 0 && !bourse_decimal_is_present(&as_new.amount) && !bourse_decimal_is_present(&as_new.contracts))
    as_new.amount = bourse__paper_decimal(edited->amount, market->amount_scale);
  fresh.price = fresh.amount = fresh.trigger_price = fresh.trail_amount = fresh.trail_millionths = 0;
  fresh.trigger_kind = PAPER_TRIGGER_NONE;
  int32_t code = bourse__paper_read_order(engine, &fresh, &as_new, edited->amount == 0);
  if (code != BOURSE_OK) return code;
  if (fresh.trigger_kind != PAPER_TRIGGER_NONE && fresh.trigger_kind != edited->trigger_kind)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "trigger_price",
                                "an edit cannot make another kind of order of it");
  if (fresh.amount != 0 && fresh.amount <= edited->filled + edited->prevented)
    return bourse__paper_refuse(engine, PAPER_AMOUNT_MIN, "amount", "as much or more than that is filled already");
  edited->price = fresh.price;
  edited->amount = fresh.amount;
  if (fresh.trigger_kind == PAPER_TRIGGER_NONE) return BOURSE_OK;
  if (edited->fired)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "trigger_price", "the order has triggered already");
  edited->trigger_price = fresh.trigger_price;
  edited->trail_amount = fresh.trail_amount;
  edited->trail_millionths = fresh.trail_millionths;
  edited->trail_activation = fresh.trail_activation;
  return BOURSE_OK;
}

int32_t bourse__paper_edit(paper_engine *engine, paper_order *order, const bourse_order_request *changes) {
  if (order == NULL || (order->place != PAPER_ON_BOOK && order->place != PAPER_CONDITIONAL))
    return bourse__paper_refuse(engine, PAPER_UNKNOWN_ORDER, "order_id", "there is no such open order");
  if (order->list != NULL)
    return bourse__paper_refuse(engine, PAPER_UNSUPPORTED, "order_id", "orders of a list cannot be changed");
  paper_order edited = *order, before = *order;
  int32_t code = read_edit(engine, &edited, changes);
  if (code != BOURSE_OK) return code;
  if (order->place == PAPER_ON_BOOK && edited.price == order->price && edited.amount <= order->amount) {
    int64_t less = order->amount - edited.amount, hidden = bourse__paper_remaining(order) - order->shown;
    if (less == 0) return bourse__paper_refuse(engine, PAPER_NO_CHANGE, NULL, "the order is so already");
    bourse__paper_unlock_part(engine, order, less);
    order->amount = edited.amount;
    order->updated_ns = engine->now_ns;
    if (less > hidden) bourse__paper_book_shrink(engine, order, less - hidden);
    bourse__paper_emit_order(engine, order);
    return BOURSE_OK;
  }
  paper_order trial = edited; /* the same checks as on entry, with the money it holds already */
  code = bourse__paper_admit(engine, &trial);
  if (code != BOURSE_OK) return code;
  leave_place(engine, order);
  order->price = edited.price;
  order->amount = edited.amount;
  order->trigger_price = edited.trigger_price;
  order->trail_amount = edited.trail_amount;
  order->trail_millionths = edited.trail_millionths;
  order->trail_activation = edited.trail_activation;
  order->trail_active = before.trail_active && before.trail_activation == edited.trail_activation;
  order->locked = trial.locked;
  order->updated_ns = engine->now_ns;
  bourse__paper_unlock_excess(engine, order);
  bourse__paper_run(engine, order);
  bourse__paper_settle_queue(engine);
  return BOURSE_OK;
}
