/* api/rails.c - safety rails: who may do what (gates 1 and 3), and what an account has placed and has open. How much an order
 * is worth is found in measure.c. */
#include "api/rails.h"

#include <stdio.h>
#include <string.h>

#include "api/schema.h"
#include "sign/signer.h"

/* A create of unknown fate may yet appear at the exchange: a list without it proves nothing for so long. */
#define DOUBT_NS (INT64_C(60) * 1000000000)

static int32_t has_limit(const bourse_exchange *exchange) {
  return exchange->allowed_symbol_count > 0 || exchange->max_open_orders > 0 ||
         bourse_decimal_is_present(&exchange->max_order_notional) ||
         bourse_decimal_is_present(&exchange->max_notional_per_minute);
}

static int32_t recall_key(bourse_context *context, const char *key, int32_t *halted, bourse__failure *failure);

/* --- Opening --- */

static int32_t read_symbols(bourse_exchange *exchange, const bourse_options *options, bourse__failure *failure) {
  if (options->allowed_symbol_count == 0) return BOURSE_OK;
  if (options->allowed_symbols == NULL)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "allowed_symbols",
                               "allowed_symbol_count is %u and allowed_symbols is NULL", options->allowed_symbol_count);
  const char **symbols = bourse_arena_alloc(exchange->arena, options->allowed_symbol_count * sizeof *symbols);
  if (symbols == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  for (uint32_t i = 0; i < options->allowed_symbol_count; i++) {
    const char *symbol = options->allowed_symbols[i];
    if (symbol == NULL || bourse__symbol_product(symbol) == 0)
      return bourse__failure_set(
          failure, BOURSE_ERROR_ARGUMENT, "allowed_symbols",
          "allowed_symbols holds \"%s\"; a unified symbol is wanted, such as BTC/USDT or BTC/USDT:USDT",
          symbol == NULL ? "NULL" : symbol);
    symbols[i] = bourse_arena_copy(exchange->arena, symbol, strlen(symbol));
    if (symbols[i] == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  }
  exchange->allowed_symbols = symbols;
  exchange->allowed_symbol_count = options->allowed_symbol_count;
  return BOURSE_OK;
}

static int32_t read_limit(bourse_decimal *out, const bourse_decimal *given, const char *name,
                          bourse__failure *failure) {
  *out = *given;
  if (given->flags == 0 || bourse_decimal_sign(given) > 0) return BOURSE_OK;
  return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, name, "%s must be a number above zero", name);
}

static bourse__rails *find_account(const bourse_context *context, const bourse__rails *wanted) {
  for (bourse__rails *rails = context->rails; rails != NULL; rails = rails->next)
    if (rails->adapter == wanted->adapter && rails->environment == wanted->environment && rails->only == NULL &&
        memcmp(rails->key_hash, wanted->key_hash, sizeof rails->key_hash) == 0)
      return rails;
  return NULL;
}

/* The account as the journal names it: exchange, environment, the beginning of a hash of the key. */
static void name_halt(bourse__rails *rails) {
  char hash[17];
  for (size_t i = 0; i < 8; i++) snprintf(hash + 2 * i, 3, "%02x", rails->key_hash[i]);
  snprintf(rails->halt_key, sizeof rails->halt_key, "halt/%.40s/%s/%s", rails->adapter->name,
           bourse_enum_name(&bourse__enum_environment, rails->environment), hash);
}

int32_t bourse__rails_open(bourse_exchange *exchange, const bourse_options *options, bourse__failure *failure) {
  bourse_context *context = exchange->context;
  exchange->read_only = options->read_only;
  exchange->allow_raw_orders = options->allow_raw_orders;
  exchange->max_open_orders = options->max_open_orders;
  int32_t code = read_symbols(exchange, options, failure);
  if (code == BOURSE_OK)
    code = read_limit(&exchange->max_order_notional, &options->max_order_notional, "max_order_notional", failure);
  if (code == BOURSE_OK)
    code = read_limit(&exchange->max_notional_per_minute, &options->max_notional_per_minute, "max_notional_per_minute",
                      failure);
  if (code != BOURSE_OK) return code;
  int32_t local = exchange->adapter->execute != NULL;
  if (exchange->signer == NULL && !local) return BOURSE_OK;
  bourse__rails wanted = {.adapter = exchange->adapter, .environment = exchange->environment, .context = context};
  bourse_sha256(wanted.key_hash, exchange->api_key, strlen(exchange->api_key));
  if (local) wanted.only = exchange;
  exchange->rails = local ? NULL : find_account(context, &wanted);
  if (exchange->rails == NULL) {
    exchange->rails = bourse__alloc(&context->allocator, sizeof wanted);
    if (exchange->rails == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
    *exchange->rails = wanted;
    name_halt(exchange->rails);
    code = recall_key(context, exchange->rails->halt_key, &exchange->rails->halted, failure);
    if (code != BOURSE_OK) {
      bourse__release(&context->allocator, exchange->rails);
      exchange->rails = NULL;
      return code;
    }
    exchange->rails->next = context->rails;
    context->rails = exchange->rails;
  }
  if (exchange->max_open_orders > 0) exchange->rails->counting = 1;
  return BOURSE_OK;
}

static void free_account(bourse_context *context, bourse__rails *rails) {
  for (bourse__share *share; (share = rails->shares) != NULL;) {
    rails->shares = share->next;
    bourse__release(&context->allocator, share);
  }
  for (bourse__open_order *order; (order = rails->orders) != NULL;) {
    rails->orders = order->next;
    bourse__release(&context->allocator, order);
  }
  bourse__release(&context->allocator, rails);
}

void bourse__rails_close(bourse_exchange *exchange) {
  bourse__rails *rails = exchange->rails;
  exchange->rails = NULL;
  if (rails == NULL || rails->only != exchange) return;
  for (bourse__rails **link = &rails->context->rails; *link != NULL; link = &(*link)->next)
    if (*link == rails) {
      *link = rails->next;
      break;
    }
  free_account(rails->context, rails);
}

void bourse__rails_free(bourse_context *context) {
  for (bourse__rails *rails; (rails = context->rails) != NULL;) {
    context->rails = rails->next;
    free_account(context, rails);
  }
}

/* --- Gates 1 and 3 --- */

static int32_t is_cancel(int32_t operation) {
  return operation == BOURSE_OP_CANCEL_ORDER || operation == BOURSE_OP_CANCEL_ORDERS ||
         operation == BOURSE_OP_CANCEL_ALL_ORDERS || operation == BOURSE_OP_CANCEL_ALL_ORDERS_AFTER ||
         operation == BOURSE_OP_CANCEL_ORDER_LIST || operation == BOURSE_OP_CANCEL_EVERY_ORDER;
}

static int32_t is_edit(int32_t operation) {
  return operation == BOURSE_OP_EDIT_ORDER || operation == BOURSE_OP_EDIT_ORDERS;
}

static int32_t places(int32_t operation) {
  return operation == BOURSE_OP_CREATE_ORDER || operation == BOURSE_OP_CREATE_ORDERS ||
         operation == BOURSE_OP_CREATE_ORDER_LIST || operation == BOURSE_OP_CLOSE_POSITION;
}

enum { RAW_READS, RAW_CANCELS, RAW_ACTS };

/* What a raw call may do, by the exchange's own table; where that does not have it, only GET reads. */
static int32_t judge_raw(const bourse_exchange *exchange, const bourse_request *request) {
  const bourse_adapter *adapter = exchange->adapter;
  int32_t known = 0, reads = 1, cancels = 1;
  if (request->is_public > 0) return RAW_READS;
  for (uint32_t i = 0; i < adapter->endpoint_count; i++) {
    const bourse_endpoint *endpoint = &adapter->endpoints[i];
    if ((endpoint->flags & BOURSE_ENDPOINT_SOCKET) != 0 || strcmp(endpoint->path, request->path) != 0 ||
        strcmp(endpoint->method, request->method) != 0)
      continue;
    known = 1;
    if ((endpoint->flags & BOURSE_ENDPOINT_ACTS) != 0) reads = 0;
    if (!is_cancel(endpoint->operation)) cancels = 0;
  }
  if (known) return reads ? RAW_READS : cancels ? RAW_CANCELS : RAW_ACTS;
  return strcmp(request->method, "GET") == 0 ? RAW_READS : RAW_ACTS;
}

static int32_t is_halted(const bourse_exchange *exchange) {
  return exchange->context != NULL && exchange->rails != NULL && (exchange->context->halted || exchange->rails->halted);
}

static int32_t refuse_halted(const bourse_operation_info *info, bourse__failure *failure) {
  return bourse__failure_set(failure, BOURSE_ERROR_FORBIDDEN, "halt",
                             "halt: trading on this account was halted, so %s is refused; bourse_resume ends that",
                             info->name);
}

int32_t bourse__rails_request(const bourse_exchange *exchange, const bourse_operation_info *info,
                              const bourse_request *request, bourse__failure *failure) {
  int32_t operation = info->operation, raw = operation == BOURSE_OP_CALL_RAW ? judge_raw(exchange, request) : RAW_READS;
  int32_t acts = operation == BOURSE_OP_CALL_RAW ? raw != RAW_READS : (info->flags & BOURSE_OPERATION_ACTS) != 0;
  if (!acts) return BOURSE_OK;
  if (exchange->read_only > 0)
    return bourse__failure_set(
        failure, BOURSE_ERROR_FORBIDDEN, "read_only", "read_only: this handle only reads, and %s %s", info->name,
        operation == BOURSE_OP_CALL_RAW ? "with this method and path may change something" : "changes something");
  if (is_halted(exchange) && (places(operation) || raw == RAW_ACTS)) return refuse_halted(info, failure);
  if (exchange->allow_raw_orders > 0 || !has_limit(exchange)) return BOURSE_OK;
  if (raw == RAW_ACTS)
    return bourse__failure_set(
        failure, BOURSE_ERROR_FORBIDDEN, "allow_raw_orders",
        "allow_raw_orders: %s %s may place an order that this handle's limits cannot measure; it is let "
        "through with allow_raw_orders = BOURSE_YES",
        request->method, request->path);
  if (request->param_count > 0 && (places(operation) || is_edit(operation)))
    return bourse__failure_set(
        failure, BOURSE_ERROR_FORBIDDEN, "allow_raw_orders",
        "allow_raw_orders: params could change what this handle's limits have measured (the first is %s); "
        "they are let through with allow_raw_orders = BOURSE_YES",
        request->params[0].name);
  return BOURSE_OK;
}

/* Stops an operation some of whose orders are with the exchange: the rest is told of in records. */
static int32_t stop_rest(bourse__running *running) {
  bourse_call *call = &running->call;
  bourse_slice none = {"", 0}, why = {running->failure.message, strlen(running->failure.message)};
  int32_t code = running->failure.error.code;
  why.data = bourse_arena_copy(call->arena, why.data, why.length);
  if (why.data == NULL) return code;
  bourse__running_forgive(running);
  return bourse_fail_items(call, code, BOURSE_OUTCOME_NOT_SENT, none, why) == BOURSE_DONE ? BOURSE_DONE : code;
}

int32_t bourse__rails_admit(bourse__running *running) {
  bourse_exchange *exchange = running->exchange;
  bourse__rails *rails = exchange->rails;
  const bourse_endpoint *endpoint = running->call.endpoint;
  int32_t operation = running->info->operation;
  int32_t acts = operation == BOURSE_OP_CALL_RAW || endpoint == NULL || (endpoint->flags & BOURSE_ENDPOINT_ACTS) != 0;
  if (rails == NULL || !acts || running->forced != NULL) return BOURSE_OK;
  int32_t code = bourse__rails_request(exchange, running->info, &running->request, &running->failure);
  if (code == BOURSE_OK && is_halted(exchange) && is_edit(operation) && !bourse__rails_lowers(running))
    code = refuse_halted(running->info, &running->failure);
  if (code == BOURSE_OK && endpoint != NULL && operation != BOURSE_OP_CALL_RAW && exchange->read_only > 0)
    code = bourse__failure_set(&running->failure, BOURSE_ERROR_FORBIDDEN, "read_only",
                               "read_only: this handle only reads, and %s would change something", running->info->name);
  if (code != BOURSE_OK) return running->sent_acting && bourse_is_item(&running->call) ? stop_rest(running) : code;
  for (bourse__share *share = rails->shares; share != NULL; share = share->next)
    if (share->owner == running) share->time_ns = bourse__loop_monotonic_ns(running->context->loop);
  return BOURSE_OK;
}

/* --- Open orders --- */

static int32_t is_same(const char *one, const char *other) {
  return one != NULL && other != NULL && one[0] != '\0' && strcmp(one, other) == 0;
}

static bourse__open_order **find_order(bourse__rails *rails, const char *id, const char *client_id) {
  bourse__open_order **link = &rails->orders;
  while (*link != NULL && !is_same((*link)->id, id) && !is_same((*link)->client_id, client_id)) link = &(*link)->next;
  return link;
}

static void remove_order(bourse__rails *rails, bourse__open_order **link) {
  bourse__open_order *order = *link;
  *link = order->next;
  rails->order_count--;
  bourse__release(&rails->context->allocator, order);
}

static void put_order(bourse__rails *rails, const char *id, const char *client_id, const char *symbol,
                      int32_t margin_mode, int32_t in_doubt) {
  bourse__open_order **link = find_order(rails, id, client_id);
  const char *texts[3] = {id == NULL ? "" : id, client_id == NULL ? "" : client_id, symbol == NULL ? "" : symbol};
  size_t lengths[3], total = sizeof(bourse__open_order);
  if (*link != NULL) {
    if (texts[0][0] == '\0') texts[0] = (*link)->id;
    if (texts[1][0] == '\0') texts[1] = (*link)->client_id;
    if (texts[2][0] == '\0') texts[2] = (*link)->symbol;
  }
  for (size_t i = 0; i < 3; i++) total += lengths[i] = strlen(texts[i]) + 1;
  bourse__open_order *order = bourse__alloc(&rails->context->allocator, total);
  if (order == NULL) { /* not counted, but not forgotten either: the list is asked for again */
    rails->learned = 0;
    return;
  }
  char *at = (char *)(order + 1), *copies[3];
  for (size_t i = 0; i < 3; at += lengths[i++]) copies[i] = memcpy(at, texts[i], lengths[i]);
  order->id = copies[0];
  order->client_id = copies[1];
  order->symbol = copies[2];
  order->product = bourse__symbol_product(copies[2]);
  order->margin_mode = margin_mode;
  order->in_doubt = in_doubt;
  order->seen_ns = bourse__loop_monotonic_ns(rails->context->loop);
  if (*link != NULL) remove_order(rails, link);
  order->next = rails->orders;
  rails->orders = order;
  rails->order_count++;
}

static int32_t is_open_status(int32_t status) {
  return status == BOURSE_ORDER_OPEN || status == BOURSE_ORDER_PENDING || status == BOURSE_ORDER_CANCELING ||
         status == BOURSE_ORDER_UNTRIGGERED || status == BOURSE_ORDER_UNKNOWN;
}

void bourse__rails_learn(bourse_exchange *exchange, const bourse_order *order, int32_t margin_mode) {
  bourse__rails *rails = exchange->rails;
  if (rails == NULL || !rails->counting || order->error != BOURSE_OK || order->status == 0) return;
  if (is_open_status(order->status)) {
    put_order(rails, order->id, order->client_order_id, order->symbol, margin_mode, 0);
    return;
  }
  bourse__open_order **link = find_order(rails, order->id, order->client_order_id);
  if (*link != NULL) remove_order(rails, link);
}

/* A whole list came: those of its product that are not in it are open no more. */
static void prune_orders(bourse__running *running) {
  bourse__rails *rails = running->exchange->rails;
  const bourse_request *request = &running->request;
  int64_t timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : running->exchange->timeout_ms;
  int64_t asked_ns = running->deadline_monotonic_ns - timeout_ms * 1000000;
  if (request->limit != 0 || request->since_ns != 0 || request->until_ns != 0 || request->trigger != 0 ||
      request->param_count > 0 || request->cursor != NULL || request->account != NULL)
    return;
  const char *symbol = running->call.market == NULL ? NULL : running->call.market->symbol;
  for (bourse__open_order **link = &rails->orders; *link != NULL;) {
    bourse__open_order *order = *link;
    int32_t concerns = symbol != NULL ? is_same(order->symbol, symbol) : order->product == running->call.product;
    if (concerns && order->margin_mode == running->call.margin_mode &&
        order->seen_ns + (order->in_doubt ? DOUBT_NS : 0) < asked_ns)
      remove_order(rails, link);
    else
      link = &order->next;
  }
}

/* --- The end of an operation --- */

/* Whether it may stay open when the exchange has not said how it stands. */
static int32_t may_rest(const bourse_order_request *order) {
  if (bourse_order_is_conditional(order)) return 1;
  return order->type == BOURSE_ORDER_LIMIT && order->time_in_force != BOURSE_IMMEDIATE_OR_CANCEL &&
         order->time_in_force != BOURSE_FILL_OR_KILL;
}

static const bourse_order *record_of(const bourse__running *running, uint32_t index) {
  const bourse_result *result = running->result;
  const char *client_id = running->request.orders[index]->client_order_id;
  for (uint32_t i = 0; i < bourse_result_count(result); i++) {
    const bourse_order *order = bourse_result_order(result, i);
    if (order != NULL && is_same(order->client_order_id, client_id)) return order;
  }
  return bourse_result_count(result) == running->request.order_count ? bourse_result_order(result, index) : NULL;
}

/* 1 when its share is to be kept. */
static int32_t settle(bourse__running *running, bourse__share *share, int32_t code, int32_t outcome) {
  bourse__rails *rails = running->exchange->rails;
  const bourse_order_request *order = running->request.orders[share->index];
  const bourse_order *record = code == BOURSE_OK ? record_of(running, share->index) : NULL;
  if (record != NULL && record->error != BOURSE_OK) outcome = record->outcome;
  share->owner = NULL;
  if (outcome != BOURSE_OUTCOME_EXECUTED && outcome != BOURSE_OUTCOME_UNKNOWN) return 0;
  if (outcome == BOURSE_OUTCOME_UNKNOWN) share->time_ns = bourse__loop_monotonic_ns(running->context->loop);
  if (rails->counting && share->open_orders > 0 && order->test <= 0) {
    const char *symbol =
        running->call.market_count > share->index ? running->call.markets[share->index]->symbol : order->symbol;
    if (outcome == BOURSE_OUTCOME_UNKNOWN)
      put_order(rails, NULL, order->client_order_id, symbol, running->call.margin_mode, 1);
    else if ((record == NULL || record->status == 0) && may_rest(order))
      put_order(rails, record == NULL ? NULL : record->id, order->client_order_id, symbol, running->call.margin_mode,
                0);
  }
  return bourse_decimal_is_present(&share->notional) && order->test <= 0;
}

static void learn_records(bourse__running *running) {
  bourse_exchange *exchange = running->exchange;
  int32_t operation = running->info->operation;
  if (!exchange->rails->counting) return;
  if (operation == BOURSE_OP_FETCH_OPEN_ORDERS) prune_orders(running);
  if (is_cancel(operation) && bourse_result_count(running->result) == 0)
    exchange->rails->learned = 0; /* how many, nobody said */
  for (uint32_t i = 0; i < bourse_result_count(running->result); i++) {
    const bourse_order *order = bourse_result_order(running->result, i);
    if (is_cancel(operation) && order->error == BOURSE_OK && order->status == 0) {
      bourse__open_order **link = find_order(exchange->rails, order->id, order->client_order_id);
      if (*link != NULL) remove_order(exchange->rails, link);
    } else {
      bourse__rails_learn(exchange, order, running->call.margin_mode);
    }
  }
}

void bourse__rails_end(bourse__running *running, int32_t code, int32_t outcome) {
  if (running->exchange == NULL || running->exchange->rails == NULL || running->forced != NULL) return;
  bourse__rails *rails = running->exchange->rails;
  for (bourse__share **link = &rails->shares; *link != NULL;) {
    bourse__share *share = *link;
    if (share->owner != running || settle(running, share, code, outcome)) {
      link = &share->next;
      continue;
    }
    *link = share->next;
    bourse__release(&rails->context->allocator, share);
  }
  /* A reply that was decoded by itself (bourse_decode) is nobody's. */
  int32_t real = running->last_sent_utc_ns != 0 || running->exchange->adapter->execute != NULL;
  if (code == BOURSE_OK && real && running->info->kind == BOURSE_KIND_ORDER) learn_records(running);
}

/* --- The kill switch --- */

int32_t bourse_is_halted(const bourse_exchange *exchange) { return exchange != NULL && is_halted(exchange); }

/* 1 when a halt ends it: nothing of it that is under way can have left. */
static int32_t is_stoppable(const bourse__running *running) {
  int32_t operation = running->info->operation;
  if (running->finished || running->exchange == NULL || !is_halted(running->exchange)) return 0;
  if (running->in_flight && (running->link == NULL || running->call.message_id != 0)) return 0;
  if (operation == BOURSE_OP_CALL_RAW) return judge_raw(running->exchange, &running->request) == RAW_ACTS;
  return places(operation) || (is_edit(operation) && !bourse__rails_lowers(running));
}

static void stop_unsent(bourse_context *context) {
  bourse__running *running = context->running;
  while (running != NULL) {
    if (!is_stoppable(running)) {
      running = running->next;
      continue;
    }
    int32_t code = refuse_halted(running->info, &running->failure);
    if (running->sent_acting && bourse_is_item(&running->call) && running->call.endpoint != NULL)
      code = stop_rest(running);
    bourse__running_finish(running, code == BOURSE_DONE ? BOURSE_OK : code);
    running = context->running; /* others may have come or gone */
  }
}

int32_t bourse__rails_account(bourse_exchange *exchange) {
  if (exchange == NULL) return BOURSE_ERROR_ARGUMENT;
  if (exchange->context == NULL) return BOURSE_ERROR_STATE;
  bourse__failure_clear(&exchange->context->failure);
  if (exchange->rails != NULL) return BOURSE_OK;
  return bourse__failure_set(&exchange->context->failure, BOURSE_ERROR_CREDENTIALS, NULL,
                             "this handle was opened without an API key: it has no account");
}

static int32_t check_flags(bourse_context *context, uint32_t flags) {
  if ((flags & ~(uint32_t)BOURSE_HALT_CANCEL_ALL) == 0) return BOURSE_OK;
  return bourse__failure_set(&context->failure, BOURSE_ERROR_ARGUMENT, "flags",
                             "flags is %u; allowed: BOURSE_HALT_CANCEL_ALL (1)", flags);
}

/* --- The halt in the store --- */

#define HALT_ALL "halt/*"

static int32_t remember(bourse_context *context, const char *key) {
  static const char value[] = "{\"version\":1}";
  const bourse_store *store = &context->store;
  if (store->put == NULL || store->put(store->user_data, key, value, sizeof value - 1, 1) == 0) return BOURSE_OK;
  return bourse__failure_set(&context->failure, BOURSE_ERROR_IO, "store",
                             "trading is halted, but the store could not write that down: a restart would end it");
}

static int32_t forget(bourse_context *context, const char *key) {
  const bourse_store *store = &context->store;
  if (store->put == NULL || store->remove(store->user_data, key) == 0) return BOURSE_OK;
  return bourse__failure_set(&context->failure, BOURSE_ERROR_IO, "store",
                             "trading stays halted: the store could not write down that it is resumed");
}

typedef struct recall {
  const char *key;
  int32_t found;
} recall;

static int32_t visit_halt(void *visitor, const char *key, const void *bytes, size_t length) {
  recall *r = visitor;
  (void)bytes;
  (void)length;
  r->found |= strcmp(key, r->key) == 0;
  return r->found;
}

static int32_t recall_key(bourse_context *context, const char *key, int32_t *halted, bourse__failure *failure) {
  const bourse_store *store = &context->store;
  recall r = {key, 0};
  if (store->put == NULL) return BOURSE_OK;
  int32_t code = store->each(store->user_data, key, visit_halt, &r);
  if (r.found) *halted = 1;
  if (r.found || code == 0) return BOURSE_OK;
  return bourse__failure_set(failure, BOURSE_ERROR_IO, "store", "the store could not tell whether trading was halted");
}

int32_t bourse__rails_recall(bourse_context *context) {
  return recall_key(context, HALT_ALL, &context->halted, &context->failure);
}

/* --- Starting it --- */

/* It shall not end for want of a word about how long it may take. */
#define CANCELS_MS 60000

static int32_t start_cancels(bourse_exchange *exchange, uint64_t *ticket) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CANCEL_EVERY_ORDER);
  request.timeout_ms = CANCELS_MS;
  return bourse_submit(exchange, &request, ticket);
}

/* A handle of the account, one that may cancel where there is one. */
static bourse_exchange *handle_of(const bourse__rails *rails) {
  bourse_exchange *found = NULL;
  for (bourse_exchange *exchange = rails->context->exchanges; exchange != NULL; exchange = exchange->next)
    if (exchange->rails == rails && (found == NULL || found->read_only > 0)) found = exchange;
  return found;
}

int32_t bourse_halt(bourse_exchange *exchange, uint32_t flags, uint64_t *ticket) {
  if (ticket != NULL) *ticket = 0;
  int32_t code = bourse__rails_account(exchange);
  if (code == BOURSE_OK) code = check_flags(exchange->context, flags);
  if (code != BOURSE_OK) return code;
  exchange->rails->halted = 1;
  stop_unsent(exchange->context);
  int32_t stored = remember(exchange->context, exchange->rails->halt_key);
  if ((flags & BOURSE_HALT_CANCEL_ALL) != 0) code = start_cancels(exchange, ticket);
  return code == BOURSE_OK ? stored : code;
}

int32_t bourse_halt_all(bourse_context *context, uint32_t flags) {
  if (context == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse__failure_clear(&context->failure);
  int32_t code = check_flags(context, flags);
  if (code != BOURSE_OK) return code;
  context->halted = 1;
  stop_unsent(context);
  int32_t stored = remember(context, HALT_ALL);
  for (bourse__rails *rails = context->rails; rails != NULL && (flags & BOURSE_HALT_CANCEL_ALL) != 0;
       rails = rails->next) {
    bourse_exchange *exchange = handle_of(rails);
    int32_t started = exchange == NULL ? BOURSE_OK : start_cancels(exchange, NULL);
    if (code == BOURSE_OK) code = started;
  }
  return code == BOURSE_OK ? stored : code;
}

int32_t bourse_resume(bourse_exchange *exchange) {
  int32_t code = bourse__rails_account(exchange);
  if (code != BOURSE_OK) return code;
  if (exchange->context->halted)
    return bourse__failure_set(&exchange->context->failure, BOURSE_ERROR_STATE, "halt",
                               "all accounts of this context are halted; bourse_resume_all ends that");
  code = forget(exchange->context, exchange->rails->halt_key);
  if (code == BOURSE_OK) exchange->rails->halted = 0;
  return code;
}

int32_t bourse_resume_all(bourse_context *context) {
  if (context == NULL) return BOURSE_ERROR_ARGUMENT;
  int32_t code = forget(context, HALT_ALL);
  if (code != BOURSE_OK) return code;
  context->halted = 0;
  for (bourse__rails *rails = context->rails; rails != NULL; rails = rails->next) {
    int32_t forgotten = forget(context, rails->halt_key);
    if (forgotten == BOURSE_OK)
      rails->halted = 0;
    else
      code = forgotten;
  }
  return code;
}
