/* api/replace.c - edit_order where the exchange cannot change an order: the old one is canceled, its end is proven together with
 * what was filled of it, and only then another takes its place. At no time may both stand; when none stands, it is told, by
 * the next program if need be: the journal has it on the old order, until it is known what stands. */
#include <string.h>

#include "api/journal.h"
#include "api/streaming.h"

#define SECOND_NS  INT64_C(1000000000)
#define PROOFS_MAX 8 /* questions whether the canceled order is over */

enum { PART_LOOK, PART_CANCEL, PART_PROOF, PART_CREATE };

struct bourse__replacing {
  bourse__running *part; /* under way */
  int32_t doing;
  int32_t tries;
  int32_t again; /* the new order was refused once, in a way that may pass */
  int32_t asking;
  int32_t answered;
  int32_t code;     /* of the part that ended */
  bourse_order old; /* as last told */
  bourse_order_request next;
  bourse__failure why;
  int32_t outcome;
  bourse__entry *entry; /* the old order's; NULL: none is in the journal */
  int32_t settled;      /* it is known what stands, and the caller is told */
};

static void on_part(bourse__running *part, int32_t code);

int32_t bourse__replaces(const bourse__running *running) {
  const bourse_adapter *adapter = running->exchange->adapter;
  return running->info->operation == BOURSE_OP_EDIT_ORDER && (adapter->replaces & bourse_call_for(&running->call)) != 0;
}

/* 1: it goes on when the answer comes; 0: the answer is there, or it could not be asked (code). */
static int32_t start(bourse__running *running, int32_t doing, const bourse_request *request) {
  struct bourse__replacing *r = running->replacing;
  bourse__running *part;
  r->doing = doing;
  bourse__failure_clear(&r->why);
  r->code = bourse__check_request(running->exchange, bourse_schema_operation(request->operation), request, &r->why);
  if (r->code == BOURSE_OK) r->code = bourse__running_new(&part, running->exchange, request, 1, &r->why);
  if (r->code != BOURSE_OK) {
    r->outcome = BOURSE_OUTCOME_NOT_SENT;
    return 0;
  }
  part->done = on_part;
  part->owner = running;
  part->quiet = 1;
  if (doing == PART_CREATE) part->replaces = r->old.client_order_id;
  if (doing == PART_CANCEL || doing == PART_CREATE) running->sent_acting = 1; /* given up on now, it may be done */
  r->part = part;
  r->asking = 1;
  r->answered = 0;
  bourse__running_advance(part);
  r->asking = 0;
  return !r->answered;
}

static bourse_request ask_for(const bourse__running *running, int32_t operation) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  const bourse_order_request *order = running->request.orders[0];
  request.symbol = order->symbol;
  request.product = order->product;
  request.margin_mode = running->call.margin_mode;
  request.trigger = running->request.trigger;
  request.order_id = running->request.order_id;
  request.client_order_id = running->request.client_order_id;
  int64_t left = running->deadline_monotonic_ns - bourse__loop_monotonic_ns(running->context->loop);
  request.timeout_ms = left > 1000000 ? left / 1000000 : 1;
  return request;
}

static void finish(bourse__running *running, int32_t code, int32_t outcome, const char *message) {
  struct bourse__replacing *r = running->replacing;
  r->settled = outcome != BOURSE_OUTCOME_UNKNOWN;
  if (code != BOURSE_OK) {
    const char *operation = running->info->name;
    bourse__failure_copy(&running->failure, &r->why);
    char reason[200];
    bourse__copy_text(reason, sizeof reason, r->why.message, strlen(r->why.message));
    bourse_fail(&running->call, code, NULL, "%s%s%s", message, reason[0] != '\0' ? ": " : "", reason);
    running->failure.error.operation = operation;
    running->failure.error.exchange = running->exchange->adapter->name;
    running->failure.error.outcome = outcome;
    running->failure.error.http_status = r->why.error.http_status;
    running->failure.error.retry_after_ms = r->why.error.retry_after_ms;
    memcpy(running->failure.exchange_code, r->why.exchange_code, sizeof r->why.exchange_code);
    memcpy(running->failure.exchange_message, r->why.exchange_message, sizeof r->why.exchange_message);
    running->sent_acting = 1;
  }
  bourse__running_finish(running, code);
}

/* Before the old order may be canceled it is written down that another is to take its place. */
static int32_t take_in_hand(bourse__running *running) {
  struct bourse__replacing *r = running->replacing;
  const bourse__journal *journal = running->exchange->journal;
  bourse__entry *entry = bourse__journal_find(journal, r->old.client_order_id);
  if (entry == NULL) entry = bourse__journal_find_id(journal, r->old.id, r->old.symbol);
  if (entry == NULL || entry->in_hand) return BOURSE_OK;
  entry->seen.replacing = BOURSE_YES;
  if (bourse__journal_write(entry, 1) != BOURSE_OK) {
    entry->seen.replacing = 0;
    bourse_fail(&running->call, BOURSE_ERROR_IO, "store",
                "the order was not canceled: the store did not take that it was to be replaced");
    running->failure.error.outcome = BOURSE_OUTCOME_NOT_SENT;
    return BOURSE_ERROR_IO;
  }
  entry->in_hand = 1;
  bourse__entry_hold(entry);
  r->entry = entry;
  return BOURSE_OK;
}

/* What is asked for, and what the old order says where nothing was asked. */
static int32_t draft(bourse__running *running) {
  struct bourse__replacing *r = running->replacing;
  const bourse_order_request *given = running->request.orders[0];
  bourse_order_request *next = &r->next;
  char id[80];
#define KEEP(member_) \
  if (!bourse_decimal_is_present(&next->member_)) next->member_ = r->old.member_
  *next = *given;
  next->side = given->side != 0 ? given->side : r->old.side;
  next->type = given->type != 0 ? given->type : r->old.type;
  if (next->time_in_force == 0) next->time_in_force = r->old.time_in_force;
  if (next->post_only == 0) next->post_only = r->old.post_only;
  if (next->reduce_only == 0) next->reduce_only = r->old.reduce_only;
  if (next->close_position == 0) next->close_position = r->old.close_position;
  if (next->position_side == 0 && r->old.position_side != BOURSE_POSITION_BOTH)
    next->position_side = r->old.position_side;
  if (next->margin_mode == 0) next->margin_mode = running->call.margin_mode;
  if (next->margin_mode == 0) next->margin_mode = r->old.margin_mode;
  if (next->trigger_by == 0) next->trigger_by = r->old.trigger_by;
  if (next->type == BOURSE_ORDER_LIMIT) KEEP(price);
  KEEP(stop_loss_price);
  KEEP(take_profit_price);
  if (!bourse_decimal_is_present(&next->stop_loss_price) && !bourse_decimal_is_present(&next->take_profit_price))
    KEEP(trigger_price); /* of a record it is the same as these */
  KEEP(trailing_percent);
  KEEP(trailing_amount);
  KEEP(trailing_activation_price);
  if (!bourse_decimal_is_present(&next->amount) && !bourse_decimal_is_present(&next->contracts) &&
      next->close_position <= 0) {
    next->amount = r->old.amount;
    if (!bourse_decimal_is_present(&next->amount)) next->contracts = r->old.contracts;
  }
#undef KEEP
  if (next->client_order_id == NULL) {
    int32_t code = bourse__make_client_id(running->exchange, id, sizeof id);
    if (code != BOURSE_OK)
      return bourse_fail(&running->call, code, "client_order_id", "no client order id could be made");
    next->client_order_id = bourse_arena_copy(running->result->arena, id, strlen(id));
    if (next->client_order_id == NULL) return bourse_fail_memory(&running->call);
  }
  /* What the new order would be refused for here must not cost the old one. */
  int32_t code = bourse__check_order_form(next, 0, &running->failure);
  if (code == BOURSE_OK && running->call.market != NULL && running->exchange->check_orders != BOURSE_NO)
    code = bourse__check_order(running->call.market, next, &running->failure);
  return code;
}

/* The last amount that the new order may have: less what the old one traded. 0: nothing is left. */
static int32_t take_off_filled(struct bourse__replacing *r) {
  bourse_decimal *amount = bourse_decimal_is_present(&r->next.amount) ? &r->next.amount : &r->next.contracts;
  const bourse_decimal *filled = bourse_decimal_is_present(&r->next.amount) ? &r->old.filled : &r->old.filled_contracts;
  bourse_decimal left;
  if (!bourse_decimal_is_present(amount) || !bourse_decimal_is_present(filled)) return 1;
  if (bourse_decimal_sub(&left, amount, filled) != BOURSE_OK || bourse_decimal_sign(&left) <= 0) return 0;
  *amount = left;
  return 1;
}

static int32_t may_pass(int32_t code) {
  return code == BOURSE_ERROR_RATE_LIMITED || code == BOURSE_ERROR_OVERLOADED || code == BOURSE_ERROR_UNAVAILABLE ||
         code == BOURSE_ERROR_TIMESTAMP || code == BOURSE_ERROR_CONNECT || code == BOURSE_ERROR_RESOLVE;
}

static int32_t create(bourse__running *running) {
  struct bourse__replacing *r = running->replacing;
  const bourse_order_request *orders[] = {&r->next};
  bourse_request request = ask_for(running, BOURSE_OP_CREATE_ORDER);
  request.symbol = request.order_id = request.client_order_id = NULL;
  request.product = request.margin_mode = request.trigger = 0;
  request.orders = orders;
  request.order_count = 1;
  request.params = running->request.params;
  request.param_count = running->request.param_count;
  return start(running, PART_CREATE, &request);
}

static int32_t rest(bourse__running *running, int64_t wait_ns) {
  running->replacing->answered = 0;
  bourse__timer_set(running->context->loop, &running->delay,
                    bourse__loop_monotonic_ns(running->context->loop) + wait_ns);
  return 1;
}

/* Nothing stands where an order stood: the caller is told by the failure, everybody else by an event. */
static int32_t fail_naked(bourse__running *running) {
  struct bourse__replacing *r = running->replacing;
  if (!r->again && (r->outcome == BOURSE_OUTCOME_NOT_SENT || r->outcome == BOURSE_OUTCOME_REJECTED) &&
      may_pass(r->code)) {
    int64_t wait_ms = r->why.error.retry_after_ms > 0 ? r->why.error.retry_after_ms : 1000;
    r->again = 1;
    r->next.client_order_id = NULL;
    if (draft(running) == BOURSE_OK && take_off_filled(r)) return rest(running, wait_ms * 1000000);
    bourse__running_forgive(running);
  }
  bourse__tell_unreplaced(running->exchange, &r->old, &r->why, r->outcome);
  finish(running, r->code, r->outcome,
         r->outcome == BOURSE_OUTCOME_UNKNOWN
             ? "the old order is canceled, and whether the new one stands in its place is not known"
             : "the old order is canceled and nothing stands in its place");
  return 1;
}

/* After a part has ended. Returns 1 when there is nothing to do now. */
static int32_t go_on(bourse__running *running) {
  struct bourse__replacing *r = running->replacing;
  bourse_request request;
  switch (r->doing) {
    case PART_LOOK:
      if (r->code != BOURSE_OK)
        return finish(running, r->code, BOURSE_OUTCOME_NOT_SENT, "the order to be replaced could not be looked at"), 1;
      if (bourse__order_is_final(&r->old))
        return finish(running, BOURSE_ERROR_ORDER_NOT_FOUND, BOURSE_OUTCOME_REJECTED,
                      "the order is over, and cannot be replaced"),
               1;
      if (draft(running) != BOURSE_OK || take_in_hand(running) != BOURSE_OK)
        return bourse__running_finish(running, running->failure.error.code), 1;
      request = ask_for(running, BOURSE_OP_CANCEL_ORDER);
      return start(running, PART_CANCEL, &request);
    case PART_CANCEL:
      if (r->code != BOURSE_OK && r->outcome == BOURSE_OUTCOME_UNKNOWN)
        return finish(running, r->code, BOURSE_OUTCOME_UNKNOWN,
                      "whether the old order is canceled is not known; no new one was made"),
               1;
      if (r->code != BOURSE_OK && r->code != BOURSE_ERROR_ORDER_NOT_FOUND)
        return finish(running, r->code, BOURSE_OUTCOME_REJECTED,
                      "the old order could not be canceled; no new one was made"),
               1;
      request = ask_for(running, BOURSE_OP_FETCH_ORDER);
      return start(running, PART_PROOF, &request);
    case PART_PROOF:
      if (r->code == BOURSE_OK && bourse__order_is_final(&r->old)) {
        if (r->old.status == BOURSE_ORDER_FILLED || !take_off_filled(r))
          return finish(running, BOURSE_ERROR_ORDER_NOT_FOUND, BOURSE_OUTCOME_REJECTED,
                        "the old order was filled before; no new one was made"),
                 1;
        return create(running);
      }
      if (++r->tries >= PROOFS_MAX)
        return finish(running, r->code != BOURSE_OK ? r->code : BOURSE_ERROR_FATE_UNKNOWN, BOURSE_OUTCOME_UNKNOWN,
                      "the end of the old order could not be proven; no new one was made"),
               1;
      return rest(running, SECOND_NS);
    default:
      if (r->code != BOURSE_OK) return fail_naked(running);
      return finish(running, BOURSE_OK, BOURSE_OUTCOME_EXECUTED, ""), 1;
  }
}

void bourse__replace_advance(bourse__running *running) {
  struct bourse__replacing *r = running->replacing;
  bourse_request request;
  int32_t waits;
  if (r == NULL) {
    r = running->replacing = bourse_arena_alloc(running->result->arena, sizeof *r);
    if (r == NULL) {
      bourse__running_finish(running, bourse_fail_memory(&running->call));
      return;
    }
    request = ask_for(running, BOURSE_OP_FETCH_ORDER);
    waits = start(running, PART_LOOK, &request);
  } else if (r->part != NULL) {
    return;
  } else if (r->doing == PART_CREATE) { /* rested */
    waits = create(running);
  } else {
    request = ask_for(running, BOURSE_OP_FETCH_ORDER);
    waits = start(running, PART_PROOF, &request);
  }
  while (!waits && !running->finished) waits = go_on(running);
}

static void on_part(bourse__running *part, int32_t code) {
  bourse__running *running = part->owner;
  struct bourse__replacing *r = running->replacing;
  r->part = NULL;
  r->code = code;
  r->outcome = part->failure.error.outcome;
  bourse__failure_copy(&r->why, &part->failure);
  const bourse_struct_info *info = bourse_schema_record(BOURSE_KIND_ORDER);
  if (code == BOURSE_OK && part->result->count > 0) {
    const bourse_order *order = (const bourse_order *)(const void *)part->result->records;
    bourse_order *out = r->doing == PART_CREATE   ? bourse__result_append(running->result)
                        : r->doing == PART_CANCEL ? NULL
                                                  : &r->old;
    if (out != NULL && !bourse__record_copy(running->result->arena, info, out, order)) r->code = BOURSE_ERROR_MEMORY;
    if (r->doing == PART_CREATE && out != NULL) out->realization = BOURSE_EMULATED;
  }
  if (r->asking)
    r->answered = 1;
  else
    while (!running->finished && !go_on(running)) continue;
}

/* --- Edits that did not come to their end --- */

static void forget_replacing(bourse_exchange *exchange, bourse__entry *old) {
  old->seen.replacing = 0;
  bourse__entry_changed(exchange, old, old->seen.state);
}

static void tell_unreplaced(bourse_exchange *exchange, const bourse__entry *old, const bourse__entry *next) {
  bourse_order order = {.id = old->seen.order_id,
                        .client_order_id = old->seen.client_order_id,
                        .symbol = old->seen.symbol,
                        .status = BOURSE_ORDER_CANCELED,
                        .side = old->seen.side,
                        .type = old->seen.type};
  bourse__failure why;
  bourse__failure_clear(&why);
  if (next == NULL)
    bourse__failure_set(&why, BOURSE_ERROR_CANCELED, NULL,
                        "the old order is canceled and nothing stands in its place: the edit was given up in between");
  else
    bourse__failure_set(&why, next->seen.error != 0 ? next->seen.error : BOURSE_ERROR_REFUSED, NULL,
                        "the old order is canceled and nothing stands in its place: %s",
                        next->seen.reason != NULL ? next->seen.reason : "the new one was refused");
  int32_t outcome = next == NULL ? BOURSE_OUTCOME_NOT_SENT : next->seen.outcome;
  why.error.exchange = exchange->adapter->name;
  why.error.outcome = outcome;
  bourse__tell_unreplaced(exchange, old->seen.order_count > 0 ? old->seen.order : &order, &why, outcome);
}

/* The newest that was to take this one's place. */
static const bourse__entry *successor_of(const bourse__entry *old) {
  const bourse__entry *found = NULL;
  for (const bourse__entry *entry = old->journal->oldest; entry != NULL; entry = entry->newer)
    if (entry->seen.replaces != NULL && strcmp(entry->seen.replaces, old->seen.client_order_id) == 0) found = entry;
  return found;
}

void bourse__replacing_look(bourse_exchange *exchange, bourse__entry *entry) {
  bourse__entry *old = entry->seen.replacing > 0 ? entry : bourse__journal_find(entry->journal, entry->seen.replaces);
  if (old == NULL || old->seen.replacing <= 0 || old->in_hand) return;
  const bourse__entry *next = old == entry ? successor_of(old) : entry;
  if (next != NULL && next->seen.state < BOURSE_JOURNAL_OPEN) return; /* not known yet */
  int32_t replaced = next != NULL && next->seen.outcome == BOURSE_OUTCOME_EXECUTED;
  if (!replaced && old->seen.state != BOURSE_JOURNAL_FINAL &&
      (old->seen.state != BOURSE_JOURNAL_OPEN || old->doubt_ns != 0))
    return;
  int32_t filled = old->seen.order_count > 0 && old->seen.order->status == BOURSE_ORDER_FILLED;
  if (!replaced && !filled && old->seen.state == BOURSE_JOURNAL_FINAL) tell_unreplaced(exchange, old, next);
  forget_replacing(exchange, old);
}

void bourse__replacing_loaded(bourse_exchange *exchange) {
  bourse__entry *entry = exchange->journal == NULL ? NULL : exchange->journal->oldest;
  for (bourse__entry *newer; entry != NULL; entry = newer) {
    newer = entry->newer;
    if (entry->seen.replacing > 0) bourse__replacing_look(exchange, entry);
  }
}

void bourse__replace_leave(bourse__running *running) {
  struct bourse__replacing *r = running->replacing;
  bourse__running *part = r->part;
  bourse__entry *entry = r->entry;
  r->part = NULL;
  if (part != NULL) {
    part->owner = NULL;
    part->done = NULL;
    bourse__running_drop(part);
  }
  r->entry = NULL;
  if (entry == NULL) return;
  entry->in_hand = 0;
  /* One that is dropped with its context has nobody to tell: the next program will. */
  if (!entry->dead && r->settled)
    forget_replacing(running->exchange, entry);
  else if (!entry->dead && running->finished)
    bourse__replacing_look(running->exchange, entry);
  bourse__entry_release(entry);
}

void bourse__replace_forget(bourse__running *part) {
  if (part->done == on_part) ((bourse__running *)part->owner)->replacing->part = NULL;
}
