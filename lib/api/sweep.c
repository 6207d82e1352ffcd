/* api/sweep.c - cancel_every_order: lists what is open wherever the account may have orders, cancels it market by market, and
 * looks whether it is gone. And the dead man's switch, which does that when nobody has renewed it in time. */
#include <string.h>

#include "api/rails.h"
#include "api/schema.h"
#include "api/streaming.h"

#define AGAIN_NS INT64_C(1000000000) /* a dead man's cancels that failed are tried again */

enum { LISTING, CANCELING, LOOKING };

typedef struct target {
  int32_t product;
  int32_t margin_mode;
} target;

struct bourse__sweep {
  target targets[BOURSE_PRODUCT_OPTION * 3];
  uint32_t target_count, at;
  int32_t phase;
  uint32_t first;       /* record of this target */
  const char **symbols; /* whose orders are to be canceled; NULL in it: all */
  uint32_t symbol_count, symbol_at;
  int32_t served;          /* targets that could be asked */
  int32_t trouble;         /* code of the last cancel of this target that failed */
  bourse__failure failure; /* the first that leaves doubt about a whole target */
};

typedef struct bourse__sweep sweep;

static void find_targets(bourse__running *running) {
  sweep *s = running->sweep;
  for (int32_t product = BOURSE_PRODUCT_SPOT; product <= BOURSE_PRODUCT_OPTION; product++)
    for (int32_t margin_mode = 0; margin_mode <= (product == BOURSE_PRODUCT_SPOT ? BOURSE_MARGIN_ISOLATED : 0);
         margin_mode++) {
      if (running->request.product != 0 && running->request.product != product) continue;
      if (bourse_supports(running->exchange, BOURSE_OP_FETCH_OPEN_ORDERS, product, margin_mode) == 0 ||
          bourse_supports(running->exchange, BOURSE_OP_CANCEL_ALL_ORDERS, product, margin_mode) == 0)
        continue;
      s->targets[s->target_count++] = (target){product, margin_mode};
    }
}

/* --- Answers --- */

static bourse_order *order_of(const bourse__running *running, uint32_t index) {
  return (bourse_order *)(void *)(running->result->records + (size_t)index * running->result->record_size);
}

static int32_t is_own(const bourse__running *running) {
  const target *t = &running->sweep->targets[running->sweep->at];
  return t->product == running->exchange->product && t->margin_mode == running->exchange->margin_mode;
}

static void keep_failure(bourse__running *running, const bourse__failure *failure) {
  if (running->sweep->failure.error.code == BOURSE_OK) bourse__failure_copy(&running->sweep->failure, failure);
}

/* Records of the account's list become records of ours; 0: memory is out. */
static int32_t take_orders(bourse__running *running, const bourse_result *list) {
  sweep *s = running->sweep;
  uint32_t count = bourse_result_count(list);
  s->symbols = bourse_arena_alloc(running->result->arena, (count + 1) * sizeof *s->symbols);
  if (s->symbols == NULL) return 0;
  for (uint32_t i = 0; i < count; i++) {
    const bourse_order *order = bourse_result_order(list, i);
    bourse_order *record = bourse__result_append(running->result);
    if (record == NULL ||
        !bourse__record_copy(running->result->arena, bourse_schema_record(BOURSE_KIND_ORDER), record, order))
      return 0;
    const char *symbol = record->symbol != NULL ? record->symbol : record->market_id;
    uint32_t k = 0;
    while (k < s->symbol_count && symbol != NULL && strcmp(s->symbols[k], symbol) != 0) k++;
    if (symbol != NULL && k == s->symbol_count) s->symbols[s->symbol_count++] = symbol;
  }
  return 1;
}

static void listed(bourse__running *running, const bourse__running *child, int32_t code) {
  sweep *s = running->sweep;
  s->first = bourse_result_count(running->result);
  s->symbol_count = s->symbol_at = 0;
  s->trouble = BOURSE_OK;
  s->phase = CANCELING;
  if (code == BOURSE_OK) {
    s->served++;
    if (!take_orders(running, child->result)) bourse_fail_memory(&running->call);
    return;
  }
  /* A product that this key does not have is none that has orders. */
  int32_t refused = (code > -200 && code <= -100) || (code > -500 && code <= -400);
  if (refused && !is_own(running)) {
    s->phase = LISTING;
    s->at++;
    return;
  }
  keep_failure(running, &child->failure);
  s->symbols =
      bourse_arena_alloc(running->result->arena, sizeof *s->symbols); /* then all at once, where that is possible */
  if (s->symbols != NULL) s->symbol_count = 1;
}

static void mark(bourse_order *record, int32_t error) {
  record->error = error;
  record->outcome = error == BOURSE_OK ? BOURSE_OUTCOME_EXECUTED : BOURSE_OUTCOME_UNKNOWN;
  record->error_message = error == BOURSE_OK            ? NULL
                          : error == BOURSE_ERROR_STATE ? "still open"
                                                        : bourse_error_text(error);
  if (error == BOURSE_OK) record->status = BOURSE_ORDER_CANCELED;
}

static int32_t is_same_order(const bourse_order *one, const bourse_order *other) {
  return one->id != NULL && other->id != NULL && strcmp(one->id, other->id) == 0;
}

static void looked(bourse__running *running, const bourse__running *child, int32_t code) {
  sweep *s = running->sweep;
  uint32_t count = bourse_result_count(running->result),
           left = code == BOURSE_OK ? bourse_result_count(child->result) : 0;
  for (uint32_t i = s->first; i < count; i++) {
    int32_t error = code;
    for (uint32_t k = 0; k < left && error == BOURSE_OK; k++)
      if (is_same_order(order_of(running, i), bourse_result_order(child->result, k)))
        error = s->trouble != BOURSE_OK ? s->trouble : BOURSE_ERROR_STATE;
    mark(order_of(running, i), error);
  }
  for (uint32_t k = 0; k < left; k++) { /* placed meanwhile, by somebody else */
    const bourse_order *order = bourse_result_order(child->result, k);
    uint32_t i = s->first;
    while (i < count && !is_same_order(order_of(running, i), order)) i++;
    if (i < count) continue;
    bourse_order *record = bourse__result_append(running->result);
    if (record == NULL ||
        !bourse__record_copy(running->result->arena, bourse_schema_record(BOURSE_KIND_ORDER), record, order)) {
      bourse_fail_memory(&running->call);
      return;
    }
    mark(record, BOURSE_ERROR_STATE);
  }
  s->phase = LISTING;
  s->at++;
}

static void answered(bourse__running *child, int32_t code) {
  for (bourse__running *running = child->waiters; running != NULL; running = running->next_waiter) {
    sweep *s = running->sweep;
    if (s == NULL) continue;
    if (s->phase == LISTING) {
      listed(running, child, code);
    } else if (s->phase == LOOKING) {
      looked(running, child, code);
    } else {
      running->sent_acting |= child->sent_acting;
      if (code != BOURSE_OK) s->trouble = code;
      s->symbol_at++;
    }
  }
}

/* --- Questions --- */

/* 0: it waits, or has been answered. */
static int32_t ask(bourse__running *running, int32_t operation, const char *symbol) {
  const target *t = &running->sweep->targets[running->sweep->at];
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  bourse__running *child;
  request.symbol = symbol;
  request.product = t->product;
  request.margin_mode = t->margin_mode;
  int64_t left_ms = (running->deadline_monotonic_ns - bourse__loop_monotonic_ns(running->context->loop)) / 1000000;
  request.timeout_ms = left_ms > 0 ? left_ms : 1;
  int32_t code = bourse__running_new(&child, running->exchange, &request, 1, &running->failure);
  if (code != BOURSE_OK) return code;
  child->done = answered;
  child->owner = running->exchange;
  bourse__running_wait(running, child);
  bourse__running_advance(child);
  return BOURSE_OK;
}

static int32_t go_on(bourse__running *running) {
  sweep *s = running->sweep;
  if (s->phase == CANCELING && s->symbol_at >= s->symbol_count) {
    if (bourse_result_count(running->result) == s->first) { /* nothing was open, or nobody knows */
      s->phase = LISTING;
      s->at++;
      return BOURSE_OK;
    }
    s->phase = LOOKING;
  }
  if (s->phase == CANCELING) return ask(running, BOURSE_OP_CANCEL_ALL_ORDERS, s->symbols[s->symbol_at]);
  return ask(running, BOURSE_OP_FETCH_OPEN_ORDERS, NULL);
}

void bourse__sweep_advance(bourse__running *running) {
  if (running->sweep == NULL) {
    running->sweep = bourse_arena_alloc(running->result->arena, sizeof *running->sweep);
    if (running->sweep == NULL) {
      bourse__running_finish(running, bourse_fail_memory(&running->call));
      return;
    }
    bourse__failure_clear(&running->sweep->failure);
    find_targets(running);
  }
  sweep *s = running->sweep;
  int32_t code = running->failure.error.code;
  while (code == BOURSE_OK && s->at < s->target_count && running->waiting_for == NULL) {
    code = go_on(running);
    if (code == BOURSE_OK) code = running->failure.error.code;
  }
  if (code == BOURSE_OK && running->waiting_for != NULL) return;
  if (code == BOURSE_OK && s->failure.error.code != BOURSE_OK) {
    const char *operation = running->info->name;
    bourse__failure_copy(&running->failure, &s->failure);
    running->failure.error.operation = operation;
    running->failure.error.outcome = BOURSE_OUTCOME_NONE;
    code = running->failure.error.code;
  }
  bourse__running_finish(running, code);
}

/* --- The dead man's switch --- */

struct bourse__dead_man {
  bourse__timer timer;
  bourse_exchange *exchange;
  char **symbols; /* in the same piece of memory; count 0: all orders */
  uint32_t count;
};

static void on_canceled(bourse__running *child, int32_t code) {
  bourse__dead_man *man = child->exchange == NULL ? NULL : child->exchange->dead_man;
  int32_t left = code != BOURSE_OK;
  for (uint32_t i = 0; child->info->operation == BOURSE_OP_CANCEL_EVERY_ORDER && i < bourse_result_count(child->result);
       i++)
    left |= bourse_result_order(child->result, i)->error != BOURSE_OK;
  if (man == NULL || !left || bourse__timer_is_set(&man->timer)) return;
  bourse__timer_set(child->context->loop, &man->timer, bourse__loop_monotonic_ns(child->context->loop) + AGAIN_NS);
}

static void on_silence(bourse__timer *timer) {
  bourse__dead_man *man = timer->user_data;
  bourse_exchange *exchange = man->exchange;
  bourse_context *context = exchange->context;
  bourse__log_write(&context->log, BOURSE_LOG_WARN, "%s: the dead man's switch was not renewed: orders are canceled",
                    exchange->adapter->name);
  for (uint32_t i = 0; i < (man->count == 0 ? 1 : man->count); i++) {
    bourse_request request =
        BOURSE_REQUEST_INIT(man->count == 0 ? BOURSE_OP_CANCEL_EVERY_ORDER : BOURSE_OP_CANCEL_ALL_ORDERS);
    bourse__failure failure;
    bourse__running *child;
    bourse__failure_clear(&failure);
    if (man->count > 0) request.symbol = man->symbols[i];
    request.timeout_ms = 60000;
    if (bourse__running_new(&child, exchange, &request, 1, &failure) != BOURSE_OK) {
      bourse__timer_set(context->loop, timer, bourse__loop_monotonic_ns(context->loop) + AGAIN_NS);
      continue;
    }
    child->done = on_canceled;
    child->owner = exchange;
    bourse__running_advance(child);
  }
}

void bourse__dead_man_drop(bourse_exchange *exchange) {
  bourse__dead_man *man = exchange->dead_man;
  exchange->dead_man = NULL;
  if (man == NULL) return;
  bourse__timer_clear(exchange->context->loop, &man->timer);
  bourse__release(&exchange->allocator, man);
}

static int32_t emulate(bourse_result **out, bourse_exchange *exchange, int64_t timer_ms, const char *const *symbols,
                       uint32_t count) {
  bourse_context *context = exchange->context;
  bourse__failure *failure = &context->failure;
  const bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CANCEL_ALL_ORDERS_AFTER);
  const bourse_operation_info *info = bourse_schema_operation(BOURSE_OP_CANCEL_ALL_ORDERS_AFTER);
  size_t size = sizeof(bourse__dead_man) + count * sizeof(char *), text = size;
  int32_t code = bourse__rails_request(exchange, info, &request, failure);
  if (code == BOURSE_OK && bourse_supports(exchange, BOURSE_OP_CANCEL_ALL_ORDERS, 0, 0) == 0)
    code = bourse__failure_set(failure, BOURSE_ERROR_UNSUPPORTED, NULL, "%s cannot cancel all orders",
                               exchange->adapter->title);
  for (uint32_t i = 0; code == BOURSE_OK && i < count; i++) {
    const bourse_market *market;
    code = bourse_market_find(&market, exchange, symbols[i], 0); /* a wrong one is told now, not when it matters */
    size += strlen(symbols[i]) + 1;
  }
  if (code != BOURSE_OK) return code;
  bourse_result *result = bourse__result_new(&context->allocator, info->operation, info->kind);
  bourse_receipt *receipt = result == NULL ? NULL : bourse__result_append(result);
  bourse__dead_man *man = bourse__alloc(&exchange->allocator, size);
  if (receipt == NULL || man == NULL) {
    bourse_result_free(result);
    bourse__release(&exchange->allocator, man);
    return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  }
  man->exchange = exchange;
  man->timer.callback = on_silence;
  man->timer.user_data = man;
  man->symbols = (char **)(void *)(man + 1);
  man->count = count;
  for (uint32_t i = 0; i < count; i++) {
    man->symbols[i] = (char *)man + text;
    text += strlen(symbols[i]) + 1;
    memcpy(man->symbols[i], symbols[i], strlen(symbols[i]) + 1);
  }
  bourse__dead_man_drop(exchange);
  exchange->dead_man = man;
  if (timer_ms > 0)
    bourse__timer_set(context->loop, &man->timer, bourse__loop_monotonic_ns(context->loop) + timer_ms * 1000000);
  receipt->realization = BOURSE_EMULATED;
  receipt->time_ns = bourse__exchange_now_ns(exchange);
  if (timer_ms > 0) receipt->due_ns = receipt->time_ns + timer_ms * 1000000;
  result->outcome = BOURSE_OUTCOME_EXECUTED;
  result->received_ns = result->delivered_ns = bourse__loop_now_ns(context->loop);
  *out = result;
  return BOURSE_OK;
}

static int32_t is_native(const bourse_exchange *exchange, const char *symbol) {
  int32_t product = symbol == NULL ? 0 : bourse__symbol_product(symbol);
  return bourse_supports(exchange, BOURSE_OP_CANCEL_ALL_ORDERS_AFTER, product == 0 ? exchange->product : product, 0) ==
         BOURSE_NATIVE;
}

/* The exchange's own, market by market where markets are named. */
static int32_t ask_exchange(bourse_result **out, bourse_exchange *exchange, int64_t timer_ms,
                            const char *const *symbols, uint32_t count) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CANCEL_ALL_ORDERS_AFTER);
  int32_t code = BOURSE_OK;
  request.timer_ms = timer_ms;
  for (uint32_t i = 0; code == BOURSE_OK && i < (count == 0 ? 1 : count); i++) {
    bourse_result_free(*out);
    *out = NULL;
    if (count > 0) request.symbol = symbols[i];
    code = bourse_execute(out, exchange, &request);
  }
  return code;
}

int32_t bourse_dead_mans_switch(bourse_result **out, bourse_exchange *exchange, int64_t timer_ms,
                                const char *const *symbols, uint32_t symbol_count) {
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  *out = NULL;
  int32_t native = 1, code = bourse__rails_account(exchange);
  if (code != BOURSE_OK) return code;
  bourse__failure *failure = &exchange->context->failure;
  if (timer_ms == 0 || timer_ms > 86400000)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "timer_ms",
                               "timer_ms is %lld; 1 to 86400000 are allowed, and a negative one switches it off",
                               (long long)timer_ms);
  for (uint32_t i = 0; i < symbol_count; i++)
    if (symbols == NULL || symbols[i] == NULL)
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "symbols", "symbols holds a NULL string");
  for (uint32_t i = 0; i < (symbol_count == 0 ? 1 : symbol_count); i++)
    native &= is_native(exchange, symbol_count == 0 ? NULL : symbols[i]);
  if (native) {
    code = ask_exchange(out, exchange, timer_ms, symbols, symbol_count);
    /* Without a market it is not offered by all that offer it. */
    if (code == BOURSE_OK || symbol_count > 0 || (code != BOURSE_ERROR_ARGUMENT && code != BOURSE_ERROR_UNSUPPORTED))
      return code;
    bourse__failure_clear(failure);
  }
  return emulate(out, exchange, timer_ms, symbols, symbol_count);
}
