/* api/intents.c - what an operation under way does to the journal: written before its first byte may leave, settled when it
 * ends. */
#include <stdio.h>
#include <string.h>

#include "api/journal.h"

/* An entry in the request under way: the first that is about it, or not. */
enum { ASKED_FIRST = 1, ASKED_AGAIN = 2 };

static int32_t creates(int32_t operation) {
  return operation == BOURSE_OP_CREATE_ORDER || operation == BOURSE_OP_CREATE_ORDERS ||
         operation == BOURSE_OP_CREATE_ORDER_LIST;
}

static int32_t moves_money(int32_t operation) {
  return operation == BOURSE_OP_WITHDRAW || operation == BOURSE_OP_TRANSFER || operation == BOURSE_OP_BORROW_MARGIN ||
         operation == BOURSE_OP_REPAY_MARGIN;
}

static int32_t edits(int32_t operation) {
  return operation == BOURSE_OP_EDIT_ORDER || operation == BOURSE_OP_EDIT_ORDERS;
}

static int32_t cancels(int32_t operation) {
  return operation == BOURSE_OP_CANCEL_ORDER || operation == BOURSE_OP_CANCEL_ORDERS ||
         operation == BOURSE_OP_CANCEL_ORDER_LIST;
}

/* --- Beginning --- */

static int32_t make_room(bourse__running *running, uint32_t count) {
  running->intents = bourse_arena_alloc(running->result->arena, ((size_t)count + 1) * sizeof *running->intents);
  if (running->intents == NULL) return bourse_fail_memory(&running->call);
  return BOURSE_OK;
}

static void add_intent(bourse__running *running, bourse__entry *entry) {
  running->intents[running->intent_count++] = entry;
  bourse__entry_hold(entry);
}

static int32_t add_entry(bourse__running *running, const bourse_journal_entry *seen) {
  bourse__entry *entry = bourse__journal_add(running->exchange->journal, seen);
  if (entry == NULL) return bourse_fail_memory(&running->call);
  entry->made_ns = bourse__loop_monotonic_ns(running->context->loop);
  add_intent(running, entry);
  return BOURSE_OK;
}

/* What all intents of an operation have in common. */
static bourse_journal_entry draft(bourse__running *running) {
  const bourse_exchange *exchange = running->exchange;
  int64_t now = bourse__exchange_now_ns(exchange);
  int64_t left = running->deadline_monotonic_ns - bourse__loop_monotonic_ns(running->context->loop);
  return (bourse_journal_entry){.exchange = exchange->adapter->name,
                                .account = exchange->journal->account,
                                .operation = running->info->name,
                                .environment = exchange->environment,
                                .state = BOURSE_JOURNAL_PENDING,
                                .product = running->call.product,
                                .margin_mode = running->call.margin_mode,
                                .created_ns = now,
                                .sent_ns = now,
                                .until_ns = now + (left > 0 ? left : 0)};
}

/* An id that stands for an order of unknown fate must not come to stand for another one. */
static int32_t check_free(bourse__running *running, const char *client_id) {
  const bourse__entry *entry = bourse__journal_find(running->exchange->journal, client_id);
  if (entry == NULL || entry->seen.state == BOURSE_JOURNAL_FINAL) return BOURSE_OK;
  if (entry->seen.state == BOURSE_JOURNAL_OPEN && running->context->store.put == NULL) return BOURSE_OK;
  int32_t code =
      bourse_fail(&running->call, BOURSE_ERROR_DUPLICATE_ORDER, "client_order_id",
                  entry->seen.state == BOURSE_JOURNAL_OPEN
                      ? "client_order_id \"%s\" is that of an order which is open as far as is known"
                      : "client_order_id \"%s\" is that of an order whose fate is not known yet; resolve it first",
                  client_id);
  running->failure.error.outcome = BOURSE_OUTCOME_NOT_SENT;
  return code;
}

static int32_t add_order(bourse__running *running, const bourse_order_request *order, uint32_t index) {
  const bourse_call *call = &running->call;
  const bourse_market *market = index < call->market_count ? call->markets[index] : call->market;
  bourse_journal_entry seen = draft(running);
  if (running->request.operation == BOURSE_OP_CREATE_ORDER_LIST) {
    seen.list_client_id = running->request.client_order_id;
    seen.list_kind = running->request.list_kind;
  }
  seen.client_order_id = order->client_order_id;
  seen.symbol = market != NULL ? market->symbol : order->symbol;
  if (order->margin_mode != 0) seen.margin_mode = order->margin_mode;
  if (market != NULL) seen.product = market->product;
  seen.side = order->side;
  seen.type = order->type;
  int32_t apart =
      running->exchange->adapter->conditional_apart > 0 && bourse_decimal_is_present(&order->iceberg_amount);
  seen.conditional = bourse_order_is_conditional(order) || apart ? BOURSE_YES : BOURSE_NO;
  seen.amount = order->amount;
  seen.contracts = order->contracts;
  seen.cost = order->cost;
  seen.price = order->price;
  seen.stop_loss_price = order->stop_loss_price;
  seen.replaces = running->replaces;
  int32_t code = check_free(running, seen.client_order_id);
  if (code != BOURSE_OK) return code;
  return add_entry(running, &seen);
}

/* Closing a position, and what moves money. */
static int32_t add_other(bourse__running *running) {
  bourse_request *request = &running->request;
  bourse_journal_entry seen = draft(running);
  char id[80];
  int32_t code = BOURSE_OK;
  if (running->info->kind == BOURSE_KIND_ORDER) {
    seen.client_order_id = request->client_order_id;
    seen.symbol = running->call.market != NULL ? running->call.market->symbol : request->symbol;
    seen.type = BOURSE_ORDER_MARKET;
    code = check_free(running, seen.client_order_id);
  } else {
    /* The caller's id where there is one; two of the same name are two intents all the same. */
    code = bourse__make_client_id(running->exchange, id, sizeof id);
    if (code != BOURSE_OK) return bourse_fail(&running->call, code, NULL, "no id could be made");
    seen.client_order_id = id;
    seen.order_id = request->id;
    seen.symbol = request->currency;
    seen.amount = request->amount;
  }
  if (code != BOURSE_OK) return code;
  return add_entry(running, &seen);
}

/* A store that is a log keeps what was put before as well: the last one durable is enough. */
static int32_t write_all(bourse__running *running) {
  uint32_t last = running->intent_count;
  for (uint32_t i = 0; i < running->intent_count; i++) {
    if (bourse__journal_write(running->intents[i], i + 1 == last) == BOURSE_OK) continue;
    bourse_fail(&running->call, BOURSE_ERROR_IO, "store",
                "%s was not sent: the store did not take what was to be written down before", running->info->name);
    running->failure.error.outcome = BOURSE_OUTCOME_NOT_SENT;
    return BOURSE_ERROR_IO;
  }
  return BOURSE_OK;
}

static bourse__entry *entry_named(bourse__running *running, const char *order_id, const char *client_id) {
  const bourse_market *market = running->call.market;
  bourse__entry *entry = bourse__journal_find(running->exchange->journal, client_id);
  if (entry == NULL)
    entry = bourse__journal_find_id(running->exchange->journal, order_id, market == NULL ? NULL : market->symbol);
  return entry != NULL && entry->seen.state != BOURSE_JOURNAL_FINAL ? entry : NULL;
}

/* That a cancel or an edit was asked for is noted, so that the order is looked at when its answer is lost. */
static void mark(bourse__running *running, bourse__entry *entry, uint32_t index) {
  int64_t now = bourse__exchange_now_ns(running->exchange);
  const bourse_request *request = &running->request;
  add_intent(running, entry);
  if (edits(request->operation)) {
    entry->seen.edit_ns = now;
    entry->seen.edit_outcome = 0;
    entry->seen.edit_price = request->orders[index]->price;
    entry->seen.edit_amount = request->orders[index]->amount;
  } else {
    entry->seen.cancel_ns = now;
    entry->seen.cancel_outcome = 0;
  }
  if (bourse__journal_write(entry, 0) != BOURSE_OK)
    bourse__log_write(&running->context->log, BOURSE_LOG_ERROR, "the store did not take that %s was asked for %s",
                      running->info->name, entry->seen.client_order_id);
}

int32_t bourse__name_replacement(bourse__running *running) {
  char id[80];
  if (running->request.order_count != 1 || running->request.orders[0]->client_order_id != NULL) return BOURSE_OK;
  const bourse_order_request **orders = bourse_arena_alloc(running->result->arena, sizeof *orders);
  bourse_order_request *copy = bourse_arena_alloc(running->result->arena, sizeof *copy);
  if (orders == NULL || copy == NULL) return bourse_fail_memory(&running->call);
  *copy = *running->request.orders[0];
  int32_t code = bourse__make_client_id(running->exchange, id, sizeof id);
  if (code != BOURSE_OK)
    return bourse_fail(&running->call, code, "client_order_id", "no client order id could be made");
  copy->client_order_id = bourse_arena_copy(running->result->arena, id, strlen(id));
  if (copy->client_order_id == NULL) return bourse_fail_memory(&running->call);
  orders[0] = copy;
  running->request.orders = orders;
  running->call.order = copy;
  running->made_id = 1;
  return BOURSE_OK;
}

static int32_t replaces(const bourse__running *running) {
  return edits(running->info->operation) && running->call.endpoint != NULL &&
         (running->call.endpoint->flags & BOURSE_ENDPOINT_REPLACES) != 0 && running->request.order_count == 1;
}

/* Of an edit that makes another order: that one. */
static int32_t is_replacement(const bourse__running *running, const bourse__entry *entry) {
  return replaces(running) && strcmp(running->request.orders[0]->client_order_id, entry->seen.client_order_id) == 0;
}

/* An edit that makes another order: that one is an intent, and the old one may be over. */
static int32_t begin_replacement(bourse__running *running) {
  const bourse_request *request = &running->request;
  bourse__entry *old = entry_named(running, request->order_id, request->client_order_id);
  if (make_room(running, 2) != BOURSE_OK) return BOURSE_ERROR_MEMORY;
  running->replaces = old != NULL ? old->seen.client_order_id : request->client_order_id;
  int32_t code = add_order(running, request->orders[0], 0);
  running->replaces = NULL;
  if (code == BOURSE_OK) code = write_all(running);
  if (code == BOURSE_OK && old != NULL) mark(running, old, 0);
  return code;
}

static int32_t begin_marks(bourse__running *running) {
  const bourse_request *request = &running->request;
  uint32_t many = request->order_id_count > 0 ? request->order_id_count : request->client_order_id_count;
  uint32_t count = many > 0 ? many : 1;
  if (make_room(running, count) != BOURSE_OK) return BOURSE_ERROR_MEMORY;
  for (uint32_t i = 0; i < count; i++) {
    const char *id = many == 0 ? request->order_id : i < request->order_id_count ? request->order_ids[i] : NULL;
    const char *client = many == 0                            ? request->client_order_id
                         : i < request->client_order_id_count ? request->client_order_ids[i]
                                                              : NULL;
    bourse__entry *entry = id == NULL && client == NULL ? NULL : entry_named(running, id, client);
    if (entry != NULL) mark(running, entry, i);
  }
  return BOURSE_OK;
}

static int32_t begin_intents(bourse__running *running) {
  const bourse_request *request = &running->request;
  int32_t many = creates(request->operation);
  int32_t code = make_room(running, many ? request->order_count : 1);
  for (uint32_t i = 0; code == BOURSE_OK && many && i < request->order_count; i++)
    if (request->orders[i]->test <= 0) code = add_order(running, request->orders[i], i);
  if (code == BOURSE_OK && !many) code = add_other(running);
  return code == BOURSE_OK ? write_all(running) : code;
}

/* Which of several items the request about to leave is about. */
static void note_asked(bourse__running *running) {
  const bourse_call *call = &running->call;
  int32_t several = running->info->operation == BOURSE_OP_CREATE_ORDERS && call->scratch[1] > 0;
  for (uint32_t i = 0; i < running->intent_count; i++) {
    bourse__entry *entry = running->intents[i];
    int32_t in_it = !several;
    for (int64_t k = call->scratch[0];
         several && k < call->scratch[0] + call->scratch[1] && k < call->request->order_count; k++)
      in_it |= strcmp(call->request->orders[k]->client_order_id, entry->seen.client_order_id) == 0;
    entry->asked = !in_it ? 0 : entry->sent ? ASKED_AGAIN : ASKED_FIRST;
    if (in_it) entry->sent = 1;
  }
}

int32_t bourse__journal_begin(bourse__running *running) {
  int32_t operation = running->info->operation, code = BOURSE_OK;
  int32_t intent = creates(operation) || moves_money(operation) || operation == BOURSE_OP_CLOSE_POSITION;
  if (running->exchange->journal == NULL || (!intent && !edits(operation) && !cancels(operation))) return BOURSE_OK;
  if (running->call.endpoint != NULL && (running->call.endpoint->flags & BOURSE_ENDPOINT_ACTS) == 0) return BOURSE_OK;
  if (running->intents == NULL)
    code = intent ? begin_intents(running) : replaces(running) ? begin_replacement(running) : begin_marks(running);
  if (code == BOURSE_OK && (intent || replaces(running))) note_asked(running);
  return code;
}

void bourse__journal_unsent(bourse__running *running) {
  for (uint32_t i = 0; i < running->intent_count; i++)
    if (running->intents[i]->asked == ASKED_FIRST) {
      running->intents[i]->asked = 0;
      running->intents[i]->sent = 0;
    }
}

/* --- Ending --- */

/* Records that are whole: of a reply that could not be read to its end none is. */
static uint32_t whole_records(const bourse__running *running, int32_t code) {
  const bourse_result *result = running->result;
  return code == BOURSE_OK || result->count < running->step_start ? result->count : running->step_start;
}

static const bourse_order *record_of(const bourse__running *running, const bourse__entry *entry, uint32_t index,
                                     int32_t code) {
  const bourse_result *result = running->result;
  uint32_t count = whole_records(running, code);
  if (result->kind != BOURSE_KIND_ORDER) return NULL;
  const bourse_order *records = (const bourse_order *)(const void *)result->records;
  for (uint32_t i = 0; i < count; i++)
    if (records[i].client_order_id != NULL && strcmp(records[i].client_order_id, entry->seen.client_order_id) == 0)
      return &records[i];
  /* Where the exchange does not repeat ids, answers come in the order of what was asked. */
  if (index < count && records[index].client_order_id == NULL && count == running->intent_count) return &records[index];
  return NULL;
}

static void end_without_order(bourse__running *running, bourse__entry *entry, int32_t outcome, int32_t code,
                              const char *why) {
  int32_t was = entry->seen.state;
  if (was >= BOURSE_JOURNAL_OPEN) return; /* known to be there, by other ways */
  bourse_journal_entry next = entry->seen;
  next.outcome = outcome;
  next.error = code;
  next.state = outcome == BOURSE_OUTCOME_UNKNOWN    ? BOURSE_JOURNAL_UNKNOWN
               : outcome == BOURSE_OUTCOME_EXECUTED ? BOURSE_JOURNAL_OPEN
                                                    : BOURSE_JOURNAL_FINAL;
  if (next.state == BOURSE_JOURNAL_UNKNOWN) next.given_up_ns = bourse__exchange_now_ns(running->exchange);
  if (next.state == BOURSE_JOURNAL_FINAL) next.reason = why;
  if (!bourse__entry_set(entry, &next)) { /* memory is out: what matters is set in place */
    entry->seen.state = next.state;
    entry->seen.outcome = outcome;
    entry->seen.given_up_ns = next.given_up_ns;
  }
  if (outcome == BOURSE_OUTCOME_REJECTED && !moves_money(running->info->operation)) entry->absent = BOURSE__REFUSED;
  bourse__entry_changed(running->exchange, entry, was);
}

static void end_intent(bourse__running *running, bourse__entry *entry, uint32_t index, int32_t code, int32_t outcome) {
  const bourse_order *record = record_of(running, entry, index, code);
  const char *why =
      running->failure.exchange_message[0] != '\0' ? running->failure.exchange_message : running->failure.message;
  if (record != NULL && record->error != 0) {
    end_without_order(running, entry, record->outcome, record->error, record->error_message);
  } else if (record != NULL) {
    bourse_order order = *record;
    order.client_order_id = entry->seen.client_order_id;
    bourse__journal_learn(running->exchange, &order);
    if (entry->seen.state < BOURSE_JOURNAL_OPEN) /* told of, but not as ours */
      end_without_order(running, entry, BOURSE_OUTCOME_UNKNOWN, BOURSE_ERROR_BAD_REPLY, NULL);
  } else if (!entry->sent) {
    end_without_order(running, entry, BOURSE_OUTCOME_NOT_SENT, code, why);
  } else if (!entry->asked && outcome != BOURSE_OUTCOME_EXECUTED) {
    end_without_order(running, entry, BOURSE_OUTCOME_UNKNOWN, code, NULL); /* of a request before the one that failed */
  } else {
    end_without_order(running, entry, outcome, code, why);
  }
}

/* Of transfers and the like: known or not. */
static void end_act(bourse__running *running, bourse__entry *entry, int32_t code, int32_t outcome) {
  if (outcome == BOURSE_OUTCOME_EXECUTED) {
    int32_t was = entry->seen.state;
    entry->seen.state = BOURSE_JOURNAL_FINAL;
    entry->seen.outcome = outcome;
    bourse__entry_changed(running->exchange, entry, was);
    return;
  }
  end_without_order(running, entry, outcome, code, running->failure.message);
}

static void end_mark(bourse__running *running, bourse__entry *entry, uint32_t index, int32_t code, int32_t outcome) {
  const bourse_order *record = record_of(running, entry, index, code);
  int32_t was = entry->seen.state, edit = edits(running->info->operation);
  if (record != NULL && record->error != 0) outcome = record->outcome;
  *(edit ? &entry->seen.edit_outcome : &entry->seen.cancel_outcome) = outcome;
  /* Unknown, or the order is not what it was: it has to be looked at. */
  if (outcome == BOURSE_OUTCOME_UNKNOWN || code == BOURSE_ERROR_ORDER_NOT_FOUND ||
      (replaces(running) && outcome == BOURSE_OUTCOME_EXECUTED))
    entry->doubt_ns = bourse__exchange_now_ns(running->exchange);
  if (was == BOURSE_JOURNAL_FINAL) return;
  bourse__entry_changed(running->exchange, entry, was);
  if (edit && record != NULL && record->error == 0 && record->client_order_id != NULL &&
      strcmp(record->client_order_id, entry->seen.client_order_id) != 0 &&
      (record->id == NULL || entry->seen.order_id == NULL || strcmp(record->id, entry->seen.order_id) != 0))
    bourse__journal_adopt(running->exchange, record, entry);
}

/* All that any answer tells of orders. Histories of edits tell of the past. */
static void learn_all(bourse__running *running, int32_t code) {
  const bourse_result *result = running->result;
  if (running->last_sent_utc_ns == 0 && running->exchange->adapter->execute == NULL) return; /* decoded, not asked */
  if (running->info->operation == BOURSE_OP_FETCH_ORDER_EDITS ||
      (running->info->flags & BOURSE_OPERATION_COMPOSED) != 0)
    return;
  for (uint32_t i = 0; i < whole_records(running, code); i++) {
    const char *record = result->records + (size_t)i * result->record_size;
    if (result->kind == BOURSE_KIND_ORDER)
      bourse__journal_learn(running->exchange, (const bourse_order *)(const void *)record);
    if (result->kind == BOURSE_KIND_FILL)
      bourse__journal_learn_fill(running->exchange, (const bourse_fill *)(const void *)record);
  }
}

/* Everything of a market, or all, was to be canceled: each of them may be now. */
static void doubt_all(bourse__running *running) {
  const char *symbol = running->call.market == NULL ? NULL : running->call.market->symbol;
  int64_t now = bourse__exchange_now_ns(running->exchange);
  for (bourse__entry *entry = running->exchange->journal->oldest, *newer; entry != NULL; entry = newer) {
    newer = entry->newer;
    if (entry->seen.state != BOURSE_JOURNAL_OPEN ||
        (symbol != NULL && entry->seen.symbol != NULL && strcmp(symbol, entry->seen.symbol) != 0))
      continue;
    entry->seen.cancel_outcome = BOURSE_OUTCOME_UNKNOWN;
    entry->seen.cancel_ns = now;
    entry->doubt_ns = now;
    bourse__entry_changed(running->exchange, entry, BOURSE_JOURNAL_OPEN);
  }
}

void bourse__journal_end(bourse__running *running, int32_t code, int32_t outcome) {
  int32_t operation = running->info->operation;
  if (running->exchange == NULL || running->exchange->journal == NULL) return;
  uint32_t count = running->intent_count;
  for (uint32_t i = 0; i < count; i++) {
    bourse__entry *entry = running->intents[i];
    if (entry->dead) continue;
    if (moves_money(operation))
      end_act(running, entry, code, outcome);
    else if (creates(operation) || operation == BOURSE_OP_CLOSE_POSITION)
      end_intent(running, entry, i, code, outcome);
    else if (is_replacement(running,
                            entry)) /* the old one gone and the new one refused is something done, but no order */
      end_intent(running, entry, i, code,
                 code != BOURSE_OK && outcome == BOURSE_OUTCOME_EXECUTED ? BOURSE_OUTCOME_REJECTED : outcome);
  }
  learn_all(running, code);
  for (uint32_t i = 0; i < count; i++) {
    bourse__entry *entry = running->intents[i];
    if (!entry->dead && (cancels(operation) || edits(operation)) && !is_replacement(running, entry))
      end_mark(running, entry, i, code, outcome);
    entry->asked = 0;
    bourse__entry_release(entry);
  }
  running->intent_count = 0;
  if (operation == BOURSE_OP_CANCEL_ALL_ORDERS && outcome == BOURSE_OUTCOME_UNKNOWN) doubt_all(running);
}
