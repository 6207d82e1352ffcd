/* api/resolve.c - operations that are made out of others: settling the fate of orders, waiting for them, reconciling.
 *
 * An order that was sent and not answered is asked for by its client order id, then looked for among open orders, past ones
 * and fills. It is not there only when all of them say so, asked after the time when the request can still have been on
 * its way: the moment it was given up, or the end of its time of validity, and a grace period behind that. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/journal.h"
#include "api/streaming.h"

#define MILLISECOND_NS   INT64_C(1000000)
#define SECOND_NS        INT64_C(1000000000)
#define GRACE_NS         (10 * SECOND_NS)
#define LOOK_BACK_NS     (60 * SECOND_NS) /* clocks differ */
#define HISTORY_MAX      10000
#define POLL_FIRST_NS    (500 * MILLISECOND_NS)
#define POLL_MAX_NS      (2 * SECOND_NS)
#define POLL_STREAM_NS   (10 * SECOND_NS) /* where a stream tells what becomes of orders */
#define RESOLVER_TIME_MS 120000           /* of the library's own question: rate budgets may be low */
#define TRY_FIRST_NS     (1 * SECOND_NS)
#define TRY_MAX_NS       (60 * SECOND_NS)

/* What is asked, in this order: an order that moves on meanwhile moves from a list already asked to one that is asked
 * later, and so is seen. */
enum { ASK_ORDER, ASK_OPEN, ASK_PAST, ASK_FILLED, ASK_CANCELED, ASK_FILLS, ASK_END };
_Static_assert(ASK_END == BOURSE__SWEPT_STEPS, "lists that are remembered");

static const int32_t questions[ASK_END] = {BOURSE_OP_FETCH_ORDER,           BOURSE_OP_FETCH_OPEN_ORDERS,
                                           BOURSE_OP_FETCH_ORDERS,          BOURSE_OP_FETCH_CLOSED_ORDERS,
                                           BOURSE_OP_FETCH_CANCELED_ORDERS, BOURSE_OP_FETCH_MY_TRADES};

struct bourse__composed {
  bourse__running *child;
  int32_t asking; /* inside ask: an answer that comes at once is taken there */
  int32_t answered;
  int32_t step;           /* of the order in hand: ASK_* */
  int32_t listed;         /* reconciling: open orders have been asked for */
  int32_t denied;         /* an answer said that it is not there */
  int32_t list_denied;    /* it was about the list that the order goes by */
  int32_t seen;           /* an answer had it */
  int32_t was_open;       /* when it was taken in hand */
  int32_t past_asked;     /* FETCH_ORDERS told of all past ones */
  int32_t trouble;        /* what an answer failed with: then nothing is proven */
  int64_t asked_ns;       /* at the exchange: when the first question about the order in hand was asked */
  int64_t listed_ns;      /* monotonic; reconciling: when open orders were asked for */
  int64_t step_ns;        /* when the newest was */
  bourse__swept question; /* the newest */
  uint32_t polls;
  bourse__entry *entry; /* in hand; held */
  bourse__entry **list; /* those to be settled, held; NULL once they are done */
  uint32_t list_count;
  uint32_t at;
  bourse_order *found; /* without an entry */
  bourse__failure why;
};

int32_t bourse__composed_needs(int32_t operation) {
  switch (operation) {
    case BOURSE_OP_RESOLVE_ORDER:
    case BOURSE_OP_RESOLVE_ORDERS:
    case BOURSE_OP_WAIT_ORDER: return BOURSE_OP_FETCH_ORDER;
    case BOURSE_OP_RECONCILE_ORDERS: return BOURSE_OP_FETCH_OPEN_ORDERS;
    case BOURSE_OP_FETCH_JOURNAL: return BOURSE_OP_CREATE_ORDER;
    case BOURSE_OP_CANCEL_EVERY_ORDER: return BOURSE_OP_CANCEL_ALL_ORDERS;
    default: return 0;
  }
}

/* --- Questions --- */

static void on_answer(bourse__running *child, int32_t code);
static void on_resolved(bourse__running *running, int32_t code);
static void schedule(bourse_exchange *exchange);

/* Starts another operation; its answer moves this one on. ANSWERED: it came at once. Negative: it cannot be asked. */
enum { ANSWERED = 1 };

static int32_t ask(bourse__running *running, bourse_request *request, bourse__failure *failure) {
  bourse__running *child;
  int64_t left_ms =
      (running->deadline_monotonic_ns - bourse__loop_monotonic_ns(running->context->loop)) / MILLISECOND_NS;
  bourse__failure_clear(failure);
  request->timeout_ms = left_ms > 0 ? left_ms : 1; /* all that is left: it may have to wait for its rate budget */
  int32_t code =
      bourse__check_request(running->exchange, bourse_schema_operation(request->operation), request, failure);
  if (code == BOURSE_OK) code = bourse__running_new(&child, running->exchange, request, 1, failure);
  if (code != BOURSE_OK) return code;
  child->done = on_answer;
  child->owner = running;
  child->quiet = 1;
  struct bourse__composed *c = running->composed;
  c->child = child;
  c->asking = 1;
  c->answered = 0;
  bourse__running_advance(child);
  c->asking = 0;
  return c->answered ? ANSWERED : BOURSE_OK;
}

static int32_t is_futures(int32_t product) {
  return product == BOURSE_PRODUCT_LINEAR || product == BOURSE_PRODUCT_INVERSE;
}

/* Whether the exchange knows the order in hand by its list's id alone. */
static int32_t goes_by_list(const bourse__running *running) {
  const bourse__entry *entry = running->composed->entry;
  const bourse_adapter *adapter = running->exchange->adapter;
  if (entry == NULL || entry->seen.list_client_id == NULL || entry->seen.order_id != NULL) return 0;
  for (uint32_t i = 0; i < adapter->endpoint_count; i++)
    if (adapter->endpoints[i].operation == BOURSE_OP_CREATE_ORDER_LIST &&
        (adapter->endpoints[i].flags & BOURSE_ENDPOINT_BY_LIST) != 0)
      return 1;
  return 0;
}

/* The question of a step about the order in hand; 0: there is none. */
static int32_t make_question(const bourse__running *running, int32_t step, bourse_request *request) {
  const struct bourse__composed *c = running->composed;
  const bourse_journal_entry *seen = c->entry == NULL ? NULL : &c->entry->seen;
  const bourse_request *given = &running->request;
  *request = (bourse_request)BOURSE_REQUEST_INIT(questions[step]);
  if (seen != NULL) { /* what the journal knows of it: the caller may have asked about all of another market */
    request->symbol = seen->symbol != NULL ? seen->symbol : given->symbol;
    request->product = seen->product;
    request->margin_mode = seen->margin_mode;
    request->trigger = seen->conditional == 0 ? given->trigger : 0;
    if (request->trigger == 0 && seen->conditional > 0 && !bourse__entry_has_fired(c->entry) &&
        (is_futures(seen->product) || running->exchange->adapter->conditional_apart > 0))
      request->trigger = BOURSE_YES;
  } else {
    request->symbol = given->symbol;
    request->product = given->product;
    request->margin_mode = given->margin_mode;
    request->trigger = given->trigger;
  }
  if (step == ASK_ORDER && goes_by_list(running)) {
    request->operation = BOURSE_OP_FETCH_ORDER_LIST;
    request->client_order_id = seen->list_client_id;
    request->trigger = 0;
    return 1;
  }
  if (step == ASK_ORDER) {
    request->order_id = seen != NULL ? seen->order_id : given->order_id;
    if (request->order_id == NULL)
      request->client_order_id = seen != NULL ? seen->client_order_id : given->client_order_id;
    return request->order_id != NULL || request->client_order_id != NULL;
  }
  if ((step == ASK_FILLED || step == ASK_CANCELED) && c->past_asked) return 0;
  if (step == ASK_FILLS) request->trigger = 0;
  if (step != ASK_OPEN) {
    if (seen == NULL) return 0; /* nobody knows since when */
    request->since_ns = seen->created_ns - LOOK_BACK_NS;
    request->limit = HISTORY_MAX;
  }
  return 1;
}

/* --- Judging --- */

static int64_t grace_ns(const bourse_exchange *exchange) {
  return exchange->adapter->not_found_grace_ms == 0 ? GRACE_NS : exchange->adapter->not_found_grace_ms * MILLISECOND_NS;
}

/* From when on "not there" is to be believed; 0: never, as things stand. */
static int64_t believed_from(const bourse__running *running) {
  const bourse__entry *entry = running->composed->entry;
  const bourse_exchange *exchange = running->exchange;
  const bourse_journal_entry *seen = &entry->seen;
  int64_t from = seen->state == BOURSE_JOURNAL_OPEN ? seen->resolved_ns : seen->given_up_ns;
  if (from == 0) return 0;
  if (entry->doubt_ns > from) from = entry->doubt_ns;
  /* A signed request may be taken until its time of validity is over, however late it arrives. */
  int64_t newest = seen->sent_ns;
  if (seen->state == BOURSE_JOURNAL_OPEN && seen->cancel_ns > newest) newest = seen->cancel_ns;
  if (seen->state == BOURSE_JOURNAL_OPEN && seen->edit_ns > newest) newest = seen->edit_ns;
  int64_t valid = newest + exchange->receive_window_ms * MILLISECOND_NS;
  return (from > valid ? from : valid) + grace_ns(exchange);
}

/* One that was open before is settled only when it has been seen once more. */
static int32_t is_settled(const struct bourse__composed *c) {
  const bourse__entry *entry = c->entry;
  if (entry->dead || entry->seen.state == BOURSE_JOURNAL_FINAL) return 1;
  return entry->seen.state == BOURSE_JOURNAL_OPEN && entry->doubt_ns == 0 && !bourse__entry_just_fired(entry) &&
         (c->seen || !c->was_open);
}

static int32_t same_number(const bourse_decimal *asked, const bourse_decimal *is) {
  return !bourse_decimal_is_present(asked) || (bourse_decimal_is_present(is) && bourse_decimal_compare(asked, is) == 0);
}

/* The order stands, asked after any cancel or edit can have arrived: then what it looks like tells what became of them. */
static void end_doubt(bourse__running *running) {
  bourse__entry *entry = running->composed->entry;
  const bourse_order *order = bourse_journal_entry_order(&entry->seen);
  if (entry->seen.cancel_ns != 0 &&
      (entry->seen.cancel_outcome == 0 || entry->seen.cancel_outcome == BOURSE_OUTCOME_UNKNOWN))
    entry->seen.cancel_outcome = BOURSE_OUTCOME_REJECTED;
  if (entry->seen.edit_ns != 0 && (entry->seen.edit_outcome == 0 || entry->seen.edit_outcome == BOURSE_OUTCOME_UNKNOWN))
    entry->seen.edit_outcome = order != NULL && same_number(&entry->seen.edit_price, &order->price) &&
                                       same_number(&entry->seen.edit_amount, &order->amount)
                                   ? BOURSE_OUTCOME_EXECUTED
                                   : BOURSE_OUTCOME_REJECTED;
  entry->doubt_ns = 0;
  bourse__entry_changed(running->exchange, entry, entry->seen.state);
}

/* The exchange had it, and knows nothing of it any more: it is over, and never was refused. */
static void vanish(bourse__running *running) {
  bourse__entry *entry = running->composed->entry;
  int32_t was = entry->seen.state;
  bourse_journal_entry next = entry->seen;
  bourse_order order = {.id = next.order_id,
                        .client_order_id = next.client_order_id,
                        .symbol = next.symbol,
                        .side = next.side,
                        .type = next.type,
                        .price = next.price,
                        .amount = next.amount};
  if (next.order_count > 0) order = *next.order;
  order.status = BOURSE_ORDER_UNKNOWN;
  order.reason = "the exchange does not know it any more";
  next.state = BOURSE_JOURNAL_FINAL;
  next.reason = order.reason;
  next.order = &order;
  next.order_count = 1;
  if (bourse__entry_set(entry, &next)) bourse__entry_changed(running->exchange, entry, was);
}

/* --- One order --- */

static void fail_unknown(bourse__running *running, int64_t wait_ns) {
  struct bourse__composed *c = running->composed;
  const char *id = c->entry != NULL ? c->entry->seen.client_order_id : running->request.client_order_id;
  bourse_fail(&running->call, BOURSE_ERROR_FATE_UNKNOWN, NULL,
              c->trouble != 0 ? "the fate of order %s is not known: %s"
                              : "the fate of order %s is not known yet: its request may still be on its way%s",
              id == NULL ? "" : id, c->trouble != 0 ? c->why.message : "");
  running->failure.error.outcome = BOURSE_OUTCOME_UNKNOWN;
  if (c->trouble != 0 && c->why.error.retry_after_ms > 0) wait_ns = c->why.error.retry_after_ms * MILLISECOND_NS;
  bourse_set_retry_after(&running->call, wait_ns / MILLISECOND_NS + 1);
}

/* All questions are asked, or need not be. Returns 1 when the order in hand is settled, 0 when it is not; then the time to
 * wait is in *wait_ns. */
static int32_t judge(bourse__running *running, int64_t *wait_ns) {
  struct bourse__composed *c = running->composed;
  *wait_ns = TRY_FIRST_NS;
  if (is_settled(c)) return 1;
  if (c->trouble != 0) return 0;
  int64_t from = believed_from(running), now = bourse__exchange_now_ns(running->exchange);
  if (from == 0 || c->asked_ns < from) {
    if (from > now) *wait_ns = from - now;
    return 0;
  }
  int32_t open = c->entry->seen.state == BOURSE_JOURNAL_OPEN;
  if (open && c->seen) {
    end_doubt(running); /* it stands */
    return 1;
  }
  if (c->step != ASK_END || !c->denied || (goes_by_list(running) && !c->list_denied)) return 0;
  if (open)
    vanish(running);
  else
    bourse__entry_absent(running->exchange, c->entry);
  return is_settled(c);
}

static bourse__swept question_of(const bourse__running *running, const bourse_request *request) {
  bourse__swept one = {.asked_ns = bourse__exchange_now_ns(running->exchange),
                       .monotonic_ns = bourse__loop_monotonic_ns(running->context->loop),
                       .since_ns = request->since_ns,
                       .product = request->product,
                       .margin_mode = request->margin_mode,
                       .trigger = request->trigger};
  if (request->symbol != NULL) {
    if (strlen(request->symbol) >= sizeof one.symbol) one.asked_ns = 0; /* not to be remembered */
    snprintf(one.symbol, sizeof one.symbol, "%s", request->symbol);
  }
  return one;
}

/* The clock was not set since, nor found to be wrong: times then and now can be compared. */
static int32_t same_clock(const bourse__swept *then, const bourse__swept *now) {
  int64_t drift = (now->asked_ns - then->asked_ns) - (now->monotonic_ns - then->monotonic_ns);
  return drift < SECOND_NS && drift > -SECOND_NS;
}

/* A list of the markets, wallet and kind of orders that are asked for. */
static int32_t is_list_of(const bourse__swept *list, const bourse__swept *question) {
  return list->product == question->product && list->margin_mode == question->margin_mode &&
         list->trigger == question->trigger && (list->symbol[0] == '\0' || strcmp(list->symbol, question->symbol) == 0);
}

static void remember_list(const bourse__running *running) {
  const struct bourse__composed *c = running->composed;
  bourse__journal *journal = running->exchange->journal;
  if (journal == NULL || c->step == ASK_ORDER || c->question.asked_ns == 0) return;
  bourse__swept *kept = journal->swept[c->step];
  uint32_t at = 0;
  while (at < BOURSE__SWEPT_KEPT && !(is_list_of(&kept[at], &c->question) && is_list_of(&c->question, &kept[at]))) at++;
  if (at == BOURSE__SWEPT_KEPT) at = journal->swept_next[c->step]++ % BOURSE__SWEPT_KEPT;
  kept[at] = c->question;
}

/* When a list that answers this question too was asked for; 0: none. It is of the same orders, asked when this one cannot
 * have been on its way any more, and after the lists that an order leaves for it. What was seen before may have moved since. */
static int64_t swept_ns(const bourse__running *running, const bourse__swept *question) {
  const struct bourse__composed *c = running->composed;
  const bourse__journal *journal = running->exchange->journal;
  if (c->step == ASK_ORDER || c->entry == NULL || journal == NULL || question->asked_ns == 0 ||
      c->entry->seen.state != BOURSE_JOURNAL_UNKNOWN)
    return 0;
  int64_t from = believed_from(running);
  for (uint32_t i = 0; from != 0 && i < BOURSE__SWEPT_KEPT; i++) {
    const bourse__swept *had = &journal->swept[c->step][i];
    if (had->asked_ns != 0 && same_clock(had, question) && had->asked_ns >= from && had->asked_ns >= c->step_ns &&
        had->since_ns <= question->since_ns && is_list_of(had, question))
      return had->asked_ns;
  }
  return 0;
}

/* 1: there is an answer to wait for; 0: all has been asked about the order in hand that helps. */
static int32_t ask_next(bourse__running *running) {
  struct bourse__composed *c = running->composed;
  bourse_request request;
  while (c->step < ASK_END && c->trouble == 0) {
    if (c->entry != NULL && is_settled(c)) return 0;
    if (c->entry == NULL && c->found != NULL) return 0;
    /* Seen, and in doubt only about what became of a cancel or an edit: no list tells more. */
    if (c->entry != NULL && c->seen) return 0;
    /* Said to be not there, too early to be believed: lists would say the same. */
    if (c->entry != NULL && c->step == ASK_OPEN && c->denied) {
      int64_t from = believed_from(running);
      if (from == 0 || c->asked_ns < from) return 0;
    }
    if (!make_question(running, c->step, &request)) {
      c->step++;
      continue;
    }
    int64_t swept, now = bourse__exchange_now_ns(running->exchange);
    c->question = question_of(running, &request);
    if ((swept = swept_ns(running, &c->question)) != 0) {
      c->step_ns = swept;
      c->denied = 1;
      if (c->step == ASK_PAST) c->past_asked = 1;
      c->step++;
      continue;
    }
    if (c->asked_ns == 0) c->asked_ns = now;
    if (c->step > ASK_ORDER) c->step_ns = now;
    int32_t code = ask(running, &request, &c->why);
    if (code == BOURSE_OK) return 1;
    if (code == ANSWERED) continue;
    if (code > -200 && code != BOURSE_ERROR_STATE && code != BOURSE_ERROR_CREDENTIALS)
      c->step++; /* the exchange has no such list */
    else
      c->trouble = code;
  }
  return 0;
}

/* Where there is no entry, the answer itself has to have the order. */
static void look_into(bourse__running *running, const bourse__running *child) {
  struct bourse__composed *c = running->composed;
  const bourse_result *result = child->result;
  const char *client_id = running->request.client_order_id;
  for (uint32_t i = 0; i < result->count && c->found == NULL && result->kind == BOURSE_KIND_ORDER; i++) {
    const bourse_order *order = (const bourse_order *)(const void *)result->records + i;
    if (c->step != ASK_ORDER &&
        (client_id == NULL || order->client_order_id == NULL || strcmp(order->client_order_id, client_id) != 0))
      continue;
    c->found = bourse_arena_alloc(running->result->arena, sizeof *c->found);
    if (c->found == NULL ||
        !bourse__record_copy(running->result->arena, bourse_schema_record(BOURSE_KIND_ORDER), c->found, order))
      c->found = NULL;
  }
}

static int32_t has_it(const bourse__entry *entry, const bourse_result *result) {
  const bourse_journal_entry *seen = &entry->seen;
  for (uint32_t i = 0; i < result->count; i++) {
    const char *at = result->records + (size_t)i * result->record_size;
    const char *id, *client_id;
    if (result->kind == BOURSE_KIND_FILL) {
      id = ((const bourse_fill *)(const void *)at)->order_id;
      client_id = ((const bourse_fill *)(const void *)at)->client_order_id;
    } else {
      id = ((const bourse_order *)(const void *)at)->id;
      client_id = ((const bourse_order *)(const void *)at)->client_order_id;
    }
    if ((id != NULL && seen->order_id != NULL && strcmp(id, seen->order_id) == 0) ||
        (client_id != NULL && strcmp(client_id, seen->client_order_id) == 0))
      return 1;
  }
  return 0;
}

/* The answer is that it has fired: the same question is asked about what it became. */
static int32_t asks_on(const struct bourse__composed *c, const bourse__running *child) {
  return c->entry != NULL && c->step == ASK_ORDER && bourse__entry_just_fired(c->entry) &&
         (child->request.order_id == NULL || strcmp(child->request.order_id, c->entry->seen.order_id) != 0);
}

/* What an answer says of the order in hand. */
static void take_answer(bourse__running *running, bourse__running *child, int32_t code) {
  struct bourse__composed *c = running->composed;
  int32_t of_list = child->info->operation == BOURSE_OP_FETCH_ORDER_LIST;
  if (code == BOURSE_OK && c->step > ASK_OPEN && child->result->count >= HISTORY_MAX) {
    c->trouble = BOURSE_ERROR_FATE_UNKNOWN;
    snprintf(c->why.message, sizeof c->why.message, "%s has %d records since then, and may have more",
             child->info->name, HISTORY_MAX);
  } else if (code == BOURSE_OK && asks_on(c, child)) {
    c->asked_ns = 0;
  } else if (code == BOURSE_OK) {
    if (c->entry == NULL) look_into(running, child);
    if (c->step == ASK_PAST) c->past_asked = 1;
    remember_list(running);
    if (c->entry != NULL && c->entry->seen.state >= BOURSE_JOURNAL_OPEN && has_it(c->entry, child->result))
      c->seen = 1;
    else
      c->denied = 1; /* an order of that id may have come that is not ours */
    /* A list that is there was taken, with all its orders. */
    c->list_denied |= of_list && child->result->count == 0;
    c->step++;
  } else if (code == BOURSE_ERROR_ORDER_NOT_FOUND || code == BOURSE_ERROR_NOT_FOUND) {
    c->denied = 1;
    c->list_denied |= of_list;
    c->step++;
  } else if (code == BOURSE_ERROR_UNSUPPORTED || code == BOURSE_ERROR_ARGUMENT) {
    c->step++; /* it cannot be asked like that */
  } else {
    c->trouble = code;
    bourse__failure_copy(&c->why, &child->failure);
  }
}

/* What is asked for by name need not be asked for by the library as well. */
static void relieve(const bourse__running *running, const bourse__entry *entry) {
  bourse__running *own = running->exchange->resolving;
  if (own == NULL || own == running || own->in_advance || own->composed == NULL || own->composed->entry != entry)
    return;
  if (own->composed->child != NULL && own->composed->child->in_advance) return;
  bourse__running_drop(own);
  schedule(running->exchange);
}

static void take_in_hand(bourse__running *running, bourse__entry *entry) {
  struct bourse__composed *c = running->composed;
  if (entry != NULL) relieve(running, entry);
  if (c->entry != NULL) bourse__entry_release(c->entry);
  c->entry = entry;
  if (entry != NULL) bourse__entry_hold(entry);
  c->step = ASK_ORDER;
  c->denied = c->list_denied = c->seen = c->past_asked = c->trouble = 0;
  c->was_open = entry != NULL && entry->seen.state == BOURSE_JOURNAL_OPEN;
  c->asked_ns = c->step_ns = 0;
}

/* --- Results --- */

static bourse_order *append_order(bourse__running *running, const bourse_order *order) {
  bourse_order *record = bourse_append(&running->call, BOURSE_KIND_ORDER);
  if (record == NULL) return NULL;
  if (bourse__record_copy(running->result->arena, bourse_schema_record(BOURSE_KIND_ORDER), record, order))
    return record;
  bourse_fail_memory(&running->call);
  return NULL;
}

/* The entry in hand as an order: as last known, or what was asked for. */
static bourse_order *append_entry(bourse__running *running, const bourse__entry *entry) {
  const bourse_journal_entry *seen = &entry->seen;
  bourse_order asked = {.id = seen->order_id,
                        .client_order_id = seen->client_order_id,
                        .symbol = seen->symbol,
                        .side = seen->side,
                        .type = seen->type,
                        .price = seen->price,
                        .amount = seen->amount,
                        .contracts = seen->contracts};
  bourse_order *record = append_order(running, seen->order_count > 0 ? seen->order : &asked);
  if (record == NULL) return NULL;
  record->outcome = seen->outcome;
  if (seen->state == BOURSE_JOURNAL_FINAL && seen->order_count == 0) {
    record->status = BOURSE_ORDER_REJECTED;
    record->reason =
        seen->reason == NULL ? NULL : bourse_arena_copy(running->result->arena, seen->reason, strlen(seen->reason));
  }
  return record;
}

static void finish_with(bourse__running *running, const bourse__entry *entry) {
  if (append_entry(running, entry) != NULL) running->result->outcome = entry->seen.outcome;
  bourse__running_finish(running, running->failure.error.code);
}

static void fail_like(bourse__running *running, const bourse__failure *why) {
  const char *operation = running->info->name;
  bourse__failure_copy(&running->failure, why);
  running->failure.error.operation = operation;
  running->failure.error.exchange = running->exchange->adapter->name;
  bourse__running_finish(running, running->failure.error.code);
}

/* --- resolve_order --- */

/* FINAL entries are in the store only. */
static int32_t answer_from_store(bourse__running *running) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_JOURNAL);
  bourse__failure failure;
  bourse__running *reading;
  int32_t answered = 0;
  if (running->context->store.each == NULL || running->request.client_order_id == NULL) return 0;
  request.client_order_id = running->request.client_order_id;
  bourse__failure_clear(&failure);
  if (bourse__running_new(&reading, running->exchange, &request, 1, &failure) != BOURSE_OK) return 0;
  if (bourse__journal_list(reading, request.client_order_id) == BOURSE_OK && reading->result->count > 0) {
    bourse__entry found = {.seen = *(const bourse_journal_entry *)(const void *)reading->result->records};
    answered = found.seen.state == BOURSE_JOURNAL_FINAL && append_entry(running, &found) != NULL;
  }
  bourse__running_drop(reading);
  return answered;
}

static void end_foreign(bourse__running *running) {
  struct bourse__composed *c = running->composed;
  if (c->found != NULL) {
    append_order(running, c->found);
  } else if (c->trouble != 0) {
    fail_like(running, &c->why);
    return;
  } else {
    bourse_fail(
        &running->call, BOURSE_ERROR_ORDER_NOT_FOUND, "client_order_id",
        "neither the journal nor %s has order %s now; without an entry of when it was sent that proves nothing",
        running->call.adapter->title,
        running->request.client_order_id != NULL ? running->request.client_order_id : running->request.order_id);
  }
  bourse__running_finish(running, running->failure.error.code);
}

static void advance_resolve(bourse__running *running) {
  struct bourse__composed *c = running->composed;
  int64_t wait_ns = 0;
  if (ask_next(running) || running->finished) return;
  if (c->entry == NULL) {
    end_foreign(running);
  } else if (judge(running, &wait_ns)) {
    finish_with(running, c->entry);
  } else {
    fail_unknown(running, wait_ns);
    bourse__running_finish(running, running->failure.error.code);
  }
}

static void start_resolve(bourse__running *running) {
  bourse__entry *entry = bourse__journal_find(running->exchange->journal, running->request.client_order_id);
  take_in_hand(running, entry);
  if (entry != NULL && entry->seen.state == BOURSE_JOURNAL_FINAL) {
    finish_with(running, entry);
  } else if (entry == NULL && answer_from_store(running)) {
    running->result->outcome = ((const bourse_order *)(const void *)running->result->records)->outcome;
    bourse__running_finish(running, BOURSE_OK);
  } else {
    /* What is open is asked for once, to say how it is now. */
    advance_resolve(running);
  }
}

/* --- resolve_orders, and the second half of reconcile_orders --- */

static int32_t is_act(const bourse__entry *entry) {
  return entry->seen.operation == NULL ||
         bourse_schema_operation(bourse_operation_by_name(entry->seen.operation))->kind != BOURSE_KIND_ORDER;
}

/* Holds those that `wanted` chooses. 0: memory is out. */
static int32_t collect(bourse__running *running,
                       int32_t (*wanted)(const bourse__running *running, const bourse__entry *entry)) {
  struct bourse__composed *c = running->composed;
  const bourse__journal *journal = running->exchange->journal;
  if (journal == NULL) return 1;
  c->list = bourse_arena_alloc(running->result->arena, ((size_t)journal->count + 1) * sizeof *c->list);
  if (c->list == NULL) {
    bourse_fail_memory(&running->call);
    return 0;
  }
  for (bourse__entry *entry = journal->oldest; entry != NULL; entry = entry->newer)
    if (!is_act(entry) && wanted(running, entry)) {
      c->list[c->list_count++] = entry;
      bourse__entry_hold(entry);
    }
  return 1;
}

static int32_t is_unknown(const bourse__running *running, const bourse__entry *entry) {
  (void)running;
  return entry->seen.state == BOURSE_JOURNAL_UNKNOWN ||
         (entry->seen.state == BOURSE_JOURNAL_OPEN && entry->doubt_ns != 0) || bourse__entry_just_fired(entry);
}

static void append_judged(bourse__running *running, int32_t settled) {
  struct bourse__composed *c = running->composed;
  bourse_order *record = append_entry(running, c->entry);
  if (record == NULL) return;
  if (!settled && c->entry->seen.state < BOURSE_JOURNAL_OPEN) {
    record->outcome = BOURSE_OUTCOME_UNKNOWN;
    record->error = BOURSE_ERROR_FATE_UNKNOWN;
  }
  if (running->info->operation == BOURSE_OP_RECONCILE_ORDERS)
    record->origin = !settled || record->status == BOURSE_ORDER_UNKNOWN ? BOURSE_ORIGIN_ORPHAN : BOURSE_ORIGIN_OWN;
}

/* One after the other; lists are asked for once where that is enough. */
static void advance_list(bourse__running *running) {
  struct bourse__composed *c = running->composed;
  int64_t wait_ns;
  while (!running->finished) {
    if (c->entry != NULL) {
      /* What was unknown may have been in a list that was asked for another. */
      if (running->info->operation == BOURSE_OP_RESOLVE_ORDERS && !is_unknown(running, c->entry)) c->seen = 1;
      if (!c->seen && (ask_next(running) || running->finished)) return;
      append_judged(running, judge(running, &wait_ns));
      take_in_hand(running, NULL);
    }
    if (c->at >= c->list_count || running->failure.error.code != BOURSE_OK) break;
    take_in_hand(running, c->list[c->at++]);
  }
  if (!running->finished) bourse__running_finish(running, running->failure.error.code);
}

/* --- reconcile_orders --- */

/* Open as far as is known, of those that the list asked for would have, and not in it. */
static int32_t is_missing(const bourse__running *running, const bourse__entry *entry) {
  const bourse_journal_entry *seen = &entry->seen;
  const bourse_call *call = &running->call;
  if (is_unknown(running, entry)) return 1;
  if (seen->state != BOURSE_JOURNAL_OPEN || seen->product != call->product || seen->margin_mode != call->margin_mode)
    return 0;
  if (running->request.trigger != 0 && (running->request.trigger > 0) != (seen->conditional > 0)) return 0;
  if (call->market != NULL && (seen->symbol == NULL || strcmp(seen->symbol, call->market->symbol) != 0)) return 0;
  const bourse_order *records = (const bourse_order *)(const void *)running->result->records;
  for (uint32_t i = 0; i < running->result->count; i++)
    if ((records[i].client_order_id != NULL && strcmp(records[i].client_order_id, seen->client_order_id) == 0) ||
        (records[i].id != NULL && seen->order_id != NULL && strcmp(records[i].id, seen->order_id) == 0))
      return 0;
  return entry->made_ns < running->composed->listed_ns; /* one sent since then may be too new for the list */
}

static void take_open_orders(bourse__running *running, const bourse__running *child) {
  struct bourse__composed *c = running->composed;
  const bourse_order *orders = (const bourse_order *)(const void *)child->result->records;
  c->listed = 1;
  for (uint32_t i = 0; i < child->result->count; i++) {
    bourse_order *record = append_order(running, &orders[i]);
    if (record == NULL) break;
    const bourse__journal *journal = running->exchange->journal;
    int32_t own = bourse__journal_find(journal, record->client_order_id) != NULL ||
                  bourse__journal_find_id(journal, record->id, record->symbol) != NULL;
    record->origin = own ? BOURSE_ORIGIN_OWN : BOURSE_ORIGIN_FOREIGN;
  }
  if (running->failure.error.code == BOURSE_OK) collect(running, is_missing);
  if (running->failure.error.code != BOURSE_OK) bourse__running_finish(running, running->failure.error.code);
}

static void start_reconcile(bourse__running *running) {
  struct bourse__composed *c = running->composed;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_OPEN_ORDERS);
  request.symbol = running->request.symbol;
  request.product = running->request.product;
  request.margin_mode = running->request.margin_mode;
  request.trigger = running->request.trigger;
  c->listed_ns = bourse__loop_monotonic_ns(running->context->loop);
  int32_t code = ask(running, &request, &c->why);
  if (code < 0) fail_like(running, &c->why);
  if (code == ANSWERED && !running->finished) advance_list(running);
}

/* --- wait_order --- */

static const bourse_order *known_order(const struct bourse__composed *c) {
  return c->entry != NULL ? bourse_journal_entry_order(&c->entry->seen) : c->found;
}

static int32_t has_live_stream(const bourse_exchange *exchange) {
  for (const bourse__link *link = exchange->links; link != NULL; link = link->next)
    for (const bourse__topic *topic = link->first; topic != NULL; topic = topic->next)
      if (topic->seen.operation == BOURSE_OP_WATCH_ORDERS && topic->state == BOURSE_STREAM_LIVE) return 1;
  return 0;
}

static void wait_on(bourse__running *running) {
  struct bourse__composed *c = running->composed;
  int64_t wait = POLL_FIRST_NS;
  for (uint32_t i = 0; i < c->polls && wait < POLL_MAX_NS; i++) wait += wait / 2;
  if (wait > POLL_MAX_NS) wait = POLL_MAX_NS;
  if (has_live_stream(running->exchange) && c->entry != NULL && c->entry->seen.state == BOURSE_JOURNAL_OPEN)
    wait = POLL_STREAM_NS;
  if (c->trouble != 0 && c->why.error.retry_after_ms * MILLISECOND_NS > wait)
    wait = c->why.error.retry_after_ms * MILLISECOND_NS;
  c->polls++;
  c->step = ASK_END + 1; /* resting */
  bourse__timer_set(running->context->loop, &running->delay, bourse__loop_monotonic_ns(running->context->loop) + wait);
}

/* Failures that asking again may not meet any more. */
static int32_t may_pass(int32_t code) {
  return code <= -300 && code != BOURSE_ERROR_AUTH && code != BOURSE_ERROR_PERMISSION &&
         code != BOURSE_ERROR_LOCATION && code != BOURSE_ERROR_BAD_SYMBOL && code != BOURSE_ERROR_INTERNAL;
}

static void advance_wait(bourse__running *running) {
  struct bourse__composed *c = running->composed;
  int64_t wait_ns;
  if (c->step > ASK_END) { /* rested */
    c->step = ASK_ORDER;
    c->denied = c->list_denied = c->seen = c->past_asked = c->trouble = 0;
    c->was_open = c->entry != NULL && c->entry->seen.state == BOURSE_JOURNAL_OPEN;
    c->asked_ns = c->step_ns = 0;
    c->found = NULL;
  }
  const bourse_order *order = known_order(c);
  if (c->entry != NULL && c->entry->seen.state == BOURSE_JOURNAL_FINAL) {
    finish_with(running, c->entry);
    return;
  }
  /* What is known to be open is asked for all the same; one question is enough while it is there. */
  if (c->step == ASK_ORDER || c->denied) {
    if (c->entry != NULL && c->entry->seen.state == BOURSE_JOURNAL_OPEN && c->step == ASK_ORDER) {
      bourse_request request;
      make_question(running, ASK_ORDER, &request);
      c->asked_ns = bourse__exchange_now_ns(running->exchange);
      int32_t code = ask(running, &request, &c->why);
      if (code == BOURSE_OK) return;
      if (code < 0) c->trouble = code;
      if (code == ANSWERED && c->denied && (ask_next(running) || running->finished)) return;
    } else if (ask_next(running) || running->finished) {
      return;
    }
  }
  if (c->entry != NULL) judge(running, &wait_ns);
  order = known_order(c);
  if (c->entry != NULL && c->entry->seen.state == BOURSE_JOURNAL_FINAL) {
    finish_with(running, c->entry);
  } else if (c->entry == NULL && order != NULL && bourse__order_is_final(order)) {
    append_order(running, order);
    bourse__running_finish(running, running->failure.error.code);
  } else if (c->entry == NULL && order == NULL && c->trouble == 0) {
    end_foreign(running);
  } else if (c->trouble != 0 && !may_pass(c->trouble)) {
    fail_like(running, &c->why);
  } else {
    wait_on(running);
  }
}

static void start_wait(bourse__running *running) {
  bourse__journal *journal = running->exchange->journal;
  bourse__entry *entry = bourse__journal_find(journal, running->request.client_order_id);
  if (entry == NULL)
    entry = bourse__journal_find_id(journal, running->request.order_id,
                                    running->call.market == NULL ? NULL : running->call.market->symbol);
  take_in_hand(running, entry);
  if (entry == NULL && answer_from_store(running)) {
    bourse__running_finish(running, BOURSE_OK);
    return;
  }
  advance_wait(running);
}

/* --- All of them --- */

static void advance(bourse__running *running) {
  switch (running->info->operation) {
    case BOURSE_OP_RESOLVE_ORDER: advance_resolve(running); break;
    case BOURSE_OP_WAIT_ORDER: advance_wait(running); break;
    default: advance_list(running); break;
  }
}

static void on_answer(bourse__running *child, int32_t code) {
  bourse__running *running = child->owner;
  if (running == NULL || running->finished) return;
  running->composed->child = NULL;
  if (running->info->operation == BOURSE_OP_RECONCILE_ORDERS && !running->composed->listed) {
    if (code == BOURSE_OK)
      take_open_orders(running, child);
    else
      fail_like(running, &child->failure);
  } else {
    take_answer(running, child, code);
  }
  if (running->composed->asking)
    running->composed->answered = 1;
  else if (!running->finished)
    advance(running);
}

void bourse__composed_advance(bourse__running *running) {
  if (running->composed != NULL) {
    if (running->composed->child == NULL) advance(running);
    return;
  }
  running->composed = bourse_arena_alloc(running->result->arena, sizeof *running->composed);
  if (running->composed == NULL) {
    bourse_fail_memory(&running->call);
    bourse__running_finish(running, BOURSE_ERROR_MEMORY);
    return;
  }
  switch (running->info->operation) {
    case BOURSE_OP_RESOLVE_ORDER: start_resolve(running); break;
    case BOURSE_OP_WAIT_ORDER: start_wait(running); break;
    case BOURSE_OP_RECONCILE_ORDERS: start_reconcile(running); break;
    case BOURSE_OP_RESOLVE_ORDERS:
      if (collect(running, is_unknown))
        advance_list(running);
      else
        bourse__running_finish(running, running->failure.error.code);
      break;
    default: bourse__running_finish(running, bourse__journal_list(running, running->request.client_order_id)); break;
  }
}

void bourse__composed_leave(bourse__running *running) {
  struct bourse__composed *c = running->composed;
  bourse__running *child = c->child;
  /* The order as last known is worth more than none. */
  if (running->info->operation == BOURSE_OP_WAIT_ORDER && running->failure.error.code == BOURSE_ERROR_DEADLINE &&
      running->result->count == 0) {
    const bourse_order *order = known_order(c);
    bourse_order *record = order == NULL ? NULL : bourse__result_append(running->result);
    if (record != NULL &&
        !bourse__record_copy(running->result->arena, bourse_schema_record(BOURSE_KIND_ORDER), record, order))
      running->result->count = 0;
  }
  c->child = NULL;
  if (child != NULL) {
    child->owner = NULL;
    child->done = NULL;
    bourse__running_drop(child);
  }
  if (c->entry != NULL) bourse__entry_release(c->entry);
  c->entry = NULL;
  for (uint32_t i = 0; i < c->list_count; i++) bourse__entry_release(c->list[i]);
  c->list_count = 0;
}

void bourse__composed_late(bourse__running *running) {
  const struct bourse__composed *c = running->composed;
  int32_t outcome = c->entry == NULL ? BOURSE_OUTCOME_NONE : c->entry->seen.outcome;
  if (running->info->operation == BOURSE_OP_WAIT_ORDER) {
    bourse_fail(&running->call, BOURSE_ERROR_DEADLINE, NULL, "%s: the order was not final within the time given",
                running->info->name);
    running->failure.error.outcome = outcome;
  } else if (c->entry != NULL && outcome == BOURSE_OUTCOME_UNKNOWN &&
             running->info->operation == BOURSE_OP_RESOLVE_ORDER) {
    bourse_fail(&running->call, BOURSE_ERROR_FATE_UNKNOWN, NULL,
                "the fate of order %s is not known: there was no answer within the time given",
                c->entry->seen.client_order_id);
    running->failure.error.outcome = BOURSE_OUTCOME_UNKNOWN;
    bourse_set_retry_after(&running->call, TRY_FIRST_NS / MILLISECOND_NS);
  } else {
    bourse_fail(&running->call, BOURSE_ERROR_DEADLINE, NULL, "%s: there was no answer within the time given",
                running->info->name);
    running->failure.error.outcome = BOURSE_OUTCOME_NONE;
  }
  bourse__running_finish(running, running->failure.error.code);
}

void bourse__composed_forget(bourse__running *child) {
  bourse__running *running = child->owner;
  if (child->done == on_answer && running != NULL) running->composed->child = NULL;
  if (child->done == on_resolved) ((bourse_exchange *)child->owner)->resolving = NULL;
}

/* Whoever rests while waiting for it looks at once. */
void bourse__composed_poke(bourse_exchange *exchange, const bourse__entry *entry) {
  bourse_context *context = exchange->context;
  for (bourse__running *running = context->running; running != NULL; running = running->next)
    if (running->composed != NULL && !running->finished && running->composed->entry == entry &&
        bourse__timer_is_set(&running->delay))
      bourse__timer_set(context->loop, &running->delay, bourse__loop_monotonic_ns(context->loop));
}

/* --- By itself --- */

static int32_t is_due(const bourse__entry *entry) {
  return entry->holders == 0 && !is_act(entry) && is_unknown(NULL, entry);
}

static void schedule(bourse_exchange *exchange) {
  bourse_context *context = exchange->context;
  int64_t now = bourse__loop_monotonic_ns(context->loop), next = 0;
  if (exchange->auto_resolve <= 0 || exchange->journal == NULL || exchange->resolving != NULL) return;
  for (bourse__entry *entry = exchange->journal->oldest; entry != NULL; entry = entry->newer) {
    if (!is_unknown(NULL, entry) || is_act(entry)) continue;
    if (entry->next_try_ns == 0) entry->next_try_ns = now + TRY_FIRST_NS;
    if (next == 0 || entry->next_try_ns < next) next = entry->next_try_ns;
  }
  if (next != 0 && (!bourse__timer_is_set(&exchange->resolver) || exchange->resolver.at_monotonic_ns > next))
    bourse__timer_set(context->loop, &exchange->resolver, next);
}

static void on_resolved(bourse__running *running, int32_t code) {
  bourse_exchange *exchange = running->owner;
  bourse__entry *entry = bourse__journal_find(exchange->journal, running->request.client_order_id);
  exchange->resolving = NULL;
  if (code != BOURSE_OK && entry != NULL) {
    int64_t wait = TRY_FIRST_NS << (entry->tries < 6 ? entry->tries : 6);
    if (wait > TRY_MAX_NS) wait = TRY_MAX_NS;
    if (running->failure.error.retry_after_ms > 1000) wait = running->failure.error.retry_after_ms * MILLISECOND_NS;
    entry->tries++;
    entry->next_try_ns = bourse__loop_monotonic_ns(exchange->context->loop) + wait;
  }
  schedule(exchange);
}

static void on_resolver(bourse__timer *timer) {
  bourse_exchange *exchange = timer->user_data;
  bourse_context *context = exchange->context;
  int64_t now = bourse__loop_monotonic_ns(context->loop);
  bourse__failure failure;
  for (bourse__entry *entry = exchange->journal->oldest; entry != NULL; entry = entry->newer) {
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_RESOLVE_ORDER);
    bourse__running *running;
    if (!is_unknown(NULL, entry) || is_act(entry) || entry->next_try_ns > now) continue;
    entry->next_try_ns = now + TRY_FIRST_NS; /* should nothing come of it */
    if (!is_due(entry)) continue;
    request.client_order_id = entry->seen.client_order_id;
    request.timeout_ms = RESOLVER_TIME_MS;
    bourse__failure_clear(&failure);
    if (bourse__running_new(&running, exchange, &request, 1, &failure) != BOURSE_OK) break;
    running->done = on_resolved;
    running->quiet = 1;
    running->owner = exchange;
    exchange->resolving = running;
    bourse__running_advance(running);
    return;
  }
  schedule(exchange);
}

void bourse__resolver_wake(bourse_exchange *exchange) {
  if (exchange->auto_resolve <= 0 || exchange->journal == NULL) return;
  exchange->resolver.callback = on_resolver;
  exchange->resolver.user_data = exchange;
  schedule(exchange);
}

void bourse__resolver_stop(bourse_exchange *exchange) {
  exchange->auto_resolve = BOURSE_NO;
  if (exchange->context != NULL) bourse__timer_clear(exchange->context->loop, &exchange->resolver);
}
