/* api/running.c - the life of one operation: tables, build, clock, rate budget, send, reply, retry, end.
 *
 * A running operation is moved by bourse__running_advance until it waits for something (another operation, a timer, the
 * transport) or is finished. Nothing here blocks. */
#include <inttypes.h>
#include <string.h>

#include "api/journal.h"
#include "api/rails.h"
#include "api/schema.h"
#include "api/streaming.h"
#include "net/retry.h"

enum { STATE_TABLES, STATE_RAILS, STATE_BUILD, STATE_CLOCK, STATE_LIMIT, STATE_SEND, STATE_REPLY, STATE_COMPOSED };

#define MILLISECOND_NS   INT64_C(1000000)
#define CLOCK_MAX_AGE_NS (INT64_C(600) * 1000000000)
#define CLOCK_RETRY_NS   (INT64_C(60) * 1000000000)
#define RETRY_BASE_NS    (INT64_C(200) * 1000000)
#define RETRY_CAP_NS     (INT64_C(5) * 1000000000)

/* --- Making and ending --- */

static void link_running(bourse__running *running) {
  bourse_context *context = running->context;
  running->next = context->running;
  running->previous = NULL;
  if (context->running != NULL) context->running->previous = running;
  context->running = running;
  context->open_requests++;
}

static void free_running(bourse__running *running) {
  bourse_result_free(running->result);
  bourse__release(&running->context->allocator, running);
}

static void unlink_running(bourse__running *running) {
  bourse_context *context = running->context;
  if (running->previous != NULL)
    running->previous->next = running->next;
  else
    context->running = running->next;
  if (running->next != NULL) running->next->previous = running->previous;
  running->next = running->previous = NULL;
}

static void on_deadline(bourse__timer *timer) {
  bourse__running *running = timer->user_data;
  if (running->composed != NULL) {
    bourse__composed_late(running);
    return;
  }
  int32_t sent = running->in_flight || running->replacing != NULL;
  bourse_fail(&running->call, sent ? BOURSE_ERROR_TIMEOUT : BOURSE_ERROR_DEADLINE, NULL,
              sent ? "%s: no answer within the time given" : "%s: the time given passed before anything could be sent",
              running->info->name);
  bourse__running_finish(running, running->failure.error.code);
}

static void on_delay(bourse__timer *timer) { bourse__running_advance(timer->user_data); }

static void fill_call(bourse__running *running) {
  bourse_exchange *exchange = running->exchange;
  bourse_call *call = &running->call;
  call->adapter = exchange->adapter;
  call->state = exchange->state;
  call->request = &running->request;
  call->order = running->request.order_count > 0 ? running->request.orders[0] : NULL;
  call->operation = running->request.operation;
  call->limit = running->request.limit;
  call->since_ns = running->request.since_ns;
  call->until_ns = running->request.until_ns;
  call->arena = running->result->arena;
  call->receive_window_ms = exchange->receive_window_ms;
  call->order_transport = exchange->order_transport;
  call->bounded = exchange->context->store.put != NULL ? BOURSE_YES : BOURSE_NO;
  call->token = "";
  call->api_key = exchange->api_key;
  call->signer = exchange->signer;
  call->result = running->result;
  call->running = running;
}

static const char *client_id_of(const bourse__running *running) {
  if (running->call.order != NULL && running->call.order->client_order_id != NULL)
    return running->call.order->client_order_id;
  return running->request.client_order_id;
}

/* No failure yet, but whose it would be. */
void bourse__running_forgive(bourse__running *running) {
  const char *client_id = client_id_of(running);
  bourse__failure_clear(&running->failure);
  running->failure.error.exchange = running->exchange->adapter->name;
  running->failure.error.operation = running->info->name;
  if (client_id != NULL)
    bourse__copy_text(running->failure.client_order_id, sizeof running->failure.client_order_id, client_id,
                      strlen(client_id));
}

int32_t bourse__running_new(bourse__running **out, bourse_exchange *exchange, const bourse_request *request,
                            int32_t internal, bourse__failure *failure) {
  bourse_context *context = exchange->context;
  const bourse_operation_info *info = bourse_schema_operation(request->operation);
  *out = NULL;
  bourse__running *running = bourse__alloc(&context->allocator, sizeof *running);
  bourse_result *result = bourse__result_new(&context->allocator, info->operation, info->kind);
  if (running == NULL || result == NULL) {
    bourse__release(&context->allocator, running);
    bourse_result_free(result);
    return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  }
  running->context = context;
  running->exchange = exchange;
  running->info = info;
  running->result = result;
  running->internal = internal;
  running->token.running = running;
  running->deadline.callback = on_deadline;
  running->deadline.user_data = running;
  running->delay.callback = on_delay;
  running->delay.user_data = running;
  int32_t code =
      bourse__copy_request(&running->request, request, info, exchange, result->arena, &running->made_id, failure);
  int64_t timeout_ms = request->timeout_ms > 0 ? request->timeout_ms : exchange->timeout_ms;
  running->deadline_monotonic_ns = bourse__loop_monotonic_ns(context->loop) + timeout_ms * MILLISECOND_NS;
  if (code != BOURSE_OK) {
    bourse_result_free(result);
    bourse__release(&context->allocator, running);
    return code;
  }
  bourse__timer_set(context->loop, &running->deadline, running->deadline_monotonic_ns);
  running->ticket = ++context->last_ticket;
  fill_call(running);
  bourse__running_forgive(running);
  link_running(running);
  *out = running;
  return BOURSE_OK;
}

void bourse__running_wait(bourse__running *running, bourse__running *dependency) {
  running->waiting_for = dependency;
  running->next_waiter = dependency->waiters;
  dependency->waiters = running;
}

static void stop_waiting(bourse__running *running) {
  if (running->waiting_for == NULL) return;
  bourse__running **link = &running->waiting_for->waiters;
  while (*link != running) link = &(*link)->next_waiter;
  *link = running->next_waiter;
  running->waiting_for = NULL;
  running->next_waiter = NULL;
}

/* Gives up the transport and timers; the charge on the budget stays when bytes may have left. */
static void release_means(bourse__running *running) {
  bourse_context *context = running->context;
  if (running->in_flight) {
    if (running->link != NULL)
      bourse__socket_cancel(running);
    else
      context->transport.cancel(context->transport.user_data, &running->token);
    running->in_flight = 0;
    if (running->exchange != NULL && running->cost_count > 0)
      bourse__limiter_settle(running->exchange->limits->limiter, running->costs, running->cost_count,
                             bourse__limits_now_ns(running->exchange));
  }
  bourse__timer_clear(context->loop, &running->deadline);
  bourse__timer_clear(context->loop, &running->delay);
  stop_waiting(running);
  if (running->composed != NULL) bourse__composed_leave(running);
  if (running->replacing != NULL) bourse__replace_leave(running);
}

/* Market tables that could not be made anew serve on, and are asked for again after this. */
#define TABLE_RETRY_NS (INT64_C(60) * 1000000000)

/* 1 when it was to make a table anew, and the old one is there still. */
static int32_t forget_as_dependency(bourse__running *running, int32_t code) {
  bourse_context *context = running->context;
  int32_t kept = 0;
  for (bourse__markets_slot *slot = context->market_slots; slot != NULL; slot = slot->next) {
    if (slot->loading != running) continue;
    slot->loading = NULL;
    if (code == BOURSE_OK || slot->markets == NULL || running->exchange == NULL) continue;
    slot->loaded_monotonic_ns = bourse__loop_monotonic_ns(context->loop) -
                                running->exchange->market_refresh_ms * MILLISECOND_NS + TABLE_RETRY_NS;
    kept = 1;
  }
  if (running->exchange != NULL && running->exchange->clock_running == running) running->exchange->clock_running = NULL;
  return kept;
}

/* Those that waited go on; they fail with what this failed with when it was their market table, or when that does not list what
 * they look for. */
static void wake_waiters(bourse__running *running, int32_t code, int32_t kept) {
  bourse__running *waiter;
  while ((waiter = running->waiters) != NULL) {
    stop_waiting(waiter);
    if (code != BOURSE_OK && running->info->operation == BOURSE_OP_FETCH_MARKETS && (!kept || waiter->refreshed)) {
      const char *operation = waiter->info->name;
      bourse__failure_copy(&waiter->failure, &running->failure);
      waiter->failure.error.operation = operation;
      waiter->failure.error.outcome = BOURSE_OUTCOME_NOT_SENT;
      if (!waiter->in_advance) bourse__running_finish(waiter, code);
    } else if (!waiter->in_advance) {
      bourse__running_advance(waiter);
    }
  }
}

static int32_t judge_outcome(const bourse__running *running, int32_t code);

void bourse__running_drop(bourse__running *running) {
  bourse_context *context = running->context;
  release_means(running);
  bourse__rails_end(running, BOURSE_ERROR_CANCELED,
                    running->sent_acting ? BOURSE_OUTCOME_UNKNOWN : BOURSE_OUTCOME_NOT_SENT);
  if (running->internal && running->owner != NULL) {
    bourse__composed_forget(running);
    bourse__replace_forget(running);
  }
  if (running->intent_count > 0 && running->exchange != NULL)
    bourse__journal_end(running, BOURSE_ERROR_CANCELED, judge_outcome(running, BOURSE_ERROR_CANCELED));
  (void)forget_as_dependency(running, BOURSE_OK);
  unlink_running(running);
  context->open_requests--;
  wake_waiters(running, BOURSE_OK, 0);
  free_running(running);
}

static int32_t acts(const bourse__running *running) {
  if (running->call.endpoint != NULL) return (running->call.endpoint->flags & BOURSE_ENDPOINT_ACTS) != 0;
  return (running->info->flags & BOURSE_OPERATION_ACTS) != 0;
}

/* The refusal of a repeat says nothing of what was sent before it. */
static int32_t is_repeat(const bourse__running *running) {
  return running->attempt > 0 && running->acted_before && (running->info->flags & BOURSE_OPERATION_MONEY) != 0;
}

/* What became of it, where the adapter has not said. */
static int32_t judge_outcome(const bourse__running *running, int32_t code) {
  int32_t said = running->failure.error.outcome;
  int32_t changes = (running->info->flags & BOURSE_OPERATION_ACTS) != 0 || acts(running);
  if ((running->info->flags & BOURSE_OPERATION_COMPOSED) != 0 && !changes) /* of the order */
    return code == BOURSE_OK ? running->result->outcome : said;
  if (code == BOURSE_OK) return changes ? BOURSE_OUTCOME_EXECUTED : BOURSE_OUTCOME_NONE;
  if (!changes) return code > -300 && code != BOURSE_ERROR_CANCELED ? BOURSE_OUTCOME_NOT_SENT : BOURSE_OUTCOME_NONE;
  /* An id that nobody else can have used is there already: then the order is. */
  if (code == BOURSE_ERROR_DUPLICATE_ORDER && running->made_id && running->sent_acting) return BOURSE_OUTCOME_UNKNOWN;
  if (is_repeat(running)) return BOURSE_OUTCOME_UNKNOWN;
  if (said == BOURSE_OUTCOME_REJECTED || said == BOURSE_OUTCOME_EXECUTED || said == BOURSE_OUTCOME_UNKNOWN) return said;
  if (running->exchange != NULL && running->exchange->adapter->execute != NULL)
    return code <= -400 && code > -500 ? BOURSE_OUTCOME_REJECTED : BOURSE_OUTCOME_NOT_SENT;
  if (!running->sent_acting) return BOURSE_OUTCOME_NOT_SENT;
  if (code <= -400 && code > -500) return BOURSE_OUTCOME_REJECTED;
  if (code == BOURSE_ERROR_RATE_LIMITED || code == BOURSE_ERROR_BANNED || code == BOURSE_ERROR_OVERLOADED ||
      code == BOURSE_ERROR_MAINTENANCE)
    return BOURSE_OUTCOME_REJECTED;
  return BOURSE_OUTCOME_UNKNOWN;
}

static void finish_result(bourse__running *running, int32_t code) {
  bourse_result *result = running->result;
  result->code = code;
  result->outcome = judge_outcome(running, code);
  running->failure.error.outcome = result->outcome;
  bourse__journal_end(running, code, result->outcome);
  bourse__rails_end(running, code, result->outcome);
  if (result->outcome == BOURSE_OUTCOME_UNKNOWN) running->context->metrics[BOURSE__METRIC_UNKNOWN_OUTCOMES]++;
  if (code == BOURSE_OK) return;
  /* Set here, since whatever sets a failure forgets what was in it before. */
  const char *client_id = client_id_of(running);
  if (client_id != NULL && running->failure.client_order_id[0] == '\0')
    bourse__copy_text(running->failure.client_order_id, sizeof running->failure.client_order_id, client_id,
                      strlen(client_id));
  if (running->info->operation != BOURSE_OP_WAIT_ORDER) result->count = 0;
  result->failure = bourse_arena_alloc(result->arena, sizeof *result->failure);
  if (result->failure != NULL) bourse__failure_copy(result->failure, &running->failure);
}

/* Internal operations leave what they learned in tables. */
static int32_t finish_internal(bourse__running *running, int32_t code) {
  if (code == BOURSE_OK && running->info->operation == BOURSE_OP_FETCH_MARKETS) {
    code = bourse__markets_adopt(running->exchange, running->result, running->request.product);
    if (code != BOURSE_OK) bourse_fail(&running->call, code, NULL, "out of memory");
    if (code == BOURSE_OK) bourse__markets_save(running->exchange, running->request.product);
  }
  int32_t outcome = judge_outcome(running, code);
  if (code != BOURSE_OK) running->failure.error.outcome = outcome;
  bourse__journal_end(running, code, outcome);
  bourse__rails_end(running, code, outcome);
  if (code != BOURSE_OK)
    bourse__log_write(&running->context->log, running->quiet ? BOURSE_LOG_DEBUG : BOURSE_LOG_WARN, "%s: %s failed: %s",
                      running->exchange->adapter->name, running->info->name, running->failure.message);
  return code;
}

void bourse__queue_finished(bourse__running *running) {
  bourse_context *context = running->context;
  running->next = NULL;
  *context->finished_end = running;
  context->finished_end = &running->next;
  context->metrics[BOURSE__METRIC_QUEUE_LENGTH]++;
  if (context->metrics[BOURSE__METRIC_QUEUE_LENGTH] > context->metrics[BOURSE__METRIC_QUEUE_HIGH_WATER])
    context->metrics[BOURSE__METRIC_QUEUE_HIGH_WATER] = context->metrics[BOURSE__METRIC_QUEUE_LENGTH];
}

void bourse__running_finish(bourse__running *running, int32_t code) {
  bourse_context *context = running->context;
  if (running->finished) return;
  running->finished = 1;
  release_means(running);
  if (code == BOURSE_OK) bourse__page_finish(running);
  if (running->failure.error.code != BOURSE_OK) code = running->failure.error.code;
  if (running->internal) code = finish_internal(running, code);
  int32_t kept = forget_as_dependency(running, code);
  unlink_running(running);
  if (running->internal) {
    context->open_requests--;
    if (running->done != NULL && running->owner != NULL) running->done(running, code);
    wake_waiters(running, code, kept);
    if (!running->in_advance) free_running(running);
    return;
  }
  if (code == BOURSE_OK && running->info->operation == BOURSE_OP_FETCH_MARKETS && running->exchange != NULL &&
      bourse__markets_adopt(running->exchange, running->result, running->request.product) == BOURSE_OK)
    bourse__markets_save(running->exchange, running->request.product);
  finish_result(running, code);
  wake_waiters(running, code, kept);
  context->completed++;
  bourse__queue_finished(running);
  if (!running->blocking) bourse__loop_wakeup(context->loop); /* a blocking call is looking already */
}

/* --- Clock and budget --- */

static int32_t wants_clock(const bourse__running *running) {
  const bourse_exchange *exchange = running->exchange;
  int32_t timeless = exchange->adapter->timeless > 0 && !(running->call.bounded > 0 && acts(running));
  if (exchange->clock_sync == BOURSE_NO || timeless || running->call.endpoint->security != BOURSE_SECURITY_SIGNED ||
      !bourse_supports(exchange, BOURSE_OP_FETCH_TIME, 0, 0))
    return 0;
  int64_t now = bourse__loop_monotonic_ns(running->context->loop);
  if (exchange->clock_tried_ns != 0 && now - exchange->clock_tried_ns < CLOCK_RETRY_NS) return 0;
  if (bourse__clock_offset_count(&exchange->clock) == 0) return 1;
  return bourse__loop_now_ns(running->context->loop) - bourse__clock_offset_updated_ns(&exchange->clock) >
         CLOCK_MAX_AGE_NS;
}

/* Measures the clock; the first time, the call waits for it. Returns 1 when it waits. */
static int32_t measure_clock(bourse__running *running) {
  bourse_exchange *exchange = running->exchange;
  bourse__failure ignored;
  int32_t first = bourse__clock_offset_count(&exchange->clock) == 0;
  if (exchange->clock_running == NULL) {
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TIME);
    bourse__running *clock;
    request.product = running->call.product;
    bourse__failure_clear(&ignored);
    exchange->clock_tried_ns = bourse__loop_monotonic_ns(running->context->loop);
    if (bourse__running_new(&clock, exchange, &request, 1, &ignored) != BOURSE_OK) return 0;
    exchange->clock_running = clock;
    if (first) bourse__running_wait(running, clock);
    bourse__running_advance(clock);
  } else if (first) {
    bourse__running_wait(running, exchange->clock_running);
  }
  return running->waiting_for != NULL;
}

static void learn_clock(bourse__running *running, const bourse_http_reply *reply) {
  const bourse_server_time *time = bourse_result_server_time(running->result, 0);
  if (running->info->operation != BOURSE_OP_FETCH_TIME || time == NULL || running->exchange == NULL) return;
  bourse__clock_offset_add(&running->exchange->clock, running->last_sent_utc_ns, reply->received_ns, time->time_ns);
}

/* The time of the oldest other call that waits for the same budgets; 0: none, it is our turn. */
static int64_t older_waits_until(const bourse__running *running) {
  int64_t until = 0;
  for (const bourse__running *other = running->context->running; other != NULL; other = other->next)
    if (other != running && other->exchange != NULL && other->exchange->limits == running->exchange->limits &&
        other->state == STATE_LIMIT && other->ticket < running->ticket && bourse__timer_is_set(&other->delay) &&
        other->delay.at_monotonic_ns > until)
      until = other->delay.at_monotonic_ns;
  return until;
}

static int32_t fail_limited(bourse__running *running, int64_t wait_ns, int32_t reason) {
  bourse_fail(&running->call, BOURSE_ERROR_RATE_LIMITED, NULL,
              reason == BOURSE__LIMITER_CIRCUIT
                  ? "%s: the exchange has told us to stop; it may be asked again in %" PRId64 " ms"
                  : "%s: the rate budget is used up; there is room again in %" PRId64 " ms",
              running->info->name, wait_ns / MILLISECOND_NS + 1);
  running->failure.error.outcome = BOURSE_OUTCOME_NOT_SENT;
  bourse_set_retry_after(&running->call, wait_ns / MILLISECOND_NS + 1);
  return BOURSE_ERROR_RATE_LIMITED;
}

/* 1: admitted; 0: waits; negative: failed. */
static int32_t take_budget(bourse__running *running) {
  bourse_context *context = running->context;
  int64_t now = bourse__loop_monotonic_ns(context->loop);
  int32_t urgent = (running->call.endpoint->flags & BOURSE_ENDPOINT_URGENT) != 0;
  int32_t reason = 0;
  if (running->cost_count == 0) return 1;
  int64_t older = urgent ? 0 : older_waits_until(running);
  int64_t wait = older > now
                     ? older - now
                     : bourse__limiter_acquire(running->exchange->limits->limiter, running->costs, running->cost_count,
                                               urgent, bourse__limits_now_ns(running->exchange), &reason);
  if (wait == 0) return 1;
  if (wait < 0)
    return bourse_fail(&running->call, (int32_t)wait, NULL, "%s costs more than its rate budget ever holds",
                       running->info->name);
  context->metrics[BOURSE__METRIC_LIMIT_WAITS]++;
  if (running->exchange->wait_for_limits == BOURSE_NO || now + wait >= running->deadline_monotonic_ns)
    return fail_limited(running, wait, reason);
  bourse__timer_set(context->loop, &running->delay, now + wait);
  return 0;
}

/* --- Moving on --- */

static void execute_here(bourse__running *running) {
  running->call.now_ns = bourse__exchange_now_ns(running->exchange);
  int32_t code = bourse__rails_admit(running);
  if (code == BOURSE_OK) code = bourse__journal_begin(running);
  if (code == BOURSE_OK) code = running->exchange->adapter->execute(&running->call);
  if (code != BOURSE_OK && running->failure.error.code == BOURSE_OK)
    bourse_fail(&running->call, code < 0 ? code : BOURSE_ERROR_INTERNAL, NULL, "%s failed", running->info->name);
  running->result->received_ns = bourse__loop_now_ns(running->context->loop);
  bourse__running_finish(running, running->failure.error.code);
}

/* One state; returns 1 when the next can be tried at once. */
static int32_t step(bourse__running *running) {
  int32_t code = BOURSE_OK;
  switch (running->state) {
    case STATE_TABLES:
      code = bourse__running_tables(running);
      if (code == 0) return 0;
      if (code > 0) code = bourse__running_resolve(running);
      if (code == BOURSE_CONTINUE) return 1; /* the table is loaded again */
      if (code < 0) break;
      if ((running->info->flags & BOURSE_OPERATION_STREAM) != 0) { /* all that a stream wants to know */
        bourse__running_finish(running, BOURSE_OK);
        return 0;
      }
      if ((running->info->flags & BOURSE_OPERATION_COMPOSED) != 0) {
        running->state = STATE_COMPOSED;
        return 1;
      }
      running->state = STATE_RAILS;
      return 1;
    case STATE_RAILS:
      code = bourse__rails_measure(running);
      if (code == 0) return 0;
      if (code < 0) break;
      if (bourse__replaces(running)) {
        running->state = STATE_COMPOSED;
        return 1;
      }
      if (running->exchange->adapter->execute != NULL) {
        execute_here(running);
        return 0;
      }
      running->state = STATE_BUILD;
      return 1;
    case STATE_BUILD:
      code = bourse__running_build(running);
      if (code != BOURSE_OK) break;
      running->state = STATE_CLOCK;
      return 1;
    case STATE_CLOCK: running->state = STATE_LIMIT; return !(wants_clock(running) && measure_clock(running));
    case STATE_LIMIT:
      code = take_budget(running);
      if (code == 0) return 0;
      if (code < 0) break;
      running->state = STATE_SEND;
      return 1;
    case STATE_SEND:
      running->state = STATE_REPLY;
      code = bourse__running_send(running);
      if (code == BOURSE_OK) return 0;
      if (code == BOURSE_DONE) code = BOURSE_OK;
      break;
    case STATE_COMPOSED:
      if (running->info->operation == BOURSE_OP_CANCEL_EVERY_ORDER)
        bourse__sweep_advance(running);
      else if (running->info->operation == BOURSE_OP_EDIT_ORDER)
        bourse__replace_advance(running);
      else
        bourse__composed_advance(running);
      return 0;
    default: return 0;
  }
  bourse__running_finish(running, code);
  return 0;
}

void bourse__running_advance(bourse__running *running) {
  if (running->finished || running->in_advance) return;
  running->in_advance = 1;
  while (running->waiting_for == NULL && !running->finished) {
    if (running->failure.error.code != BOURSE_OK) { /* a dependency failed */
      bourse__running_finish(running, running->failure.error.code);
      break;
    }
    /* A transport or dependency may have answered at once: then the state is not one to wait in. */
    if (!step(running) &&
        (running->state == STATE_REPLY || running->state == STATE_COMPOSED || bourse__timer_is_set(&running->delay)))
      break;
  }
  running->in_advance = 0;
  if (running->finished && running->internal) free_running(running);
}

/* --- Replies --- */

static int32_t may_retry(const bourse__running *running, int32_t code) {
  const bourse_exchange *exchange = running->exchange;
  uint32_t most = exchange->retry_limit == UINT32_MAX ? 0 : exchange->retry_limit;
  uint32_t flags = running->call.endpoint->flags;
  if (running->attempt >= most) return 0;
  if ((flags & BOURSE_ENDPOINT_ACTS) != 0 && (flags & (BOURSE_ENDPOINT_REPEATABLE | BOURSE_ENDPOINT_IDEMPOTENT)) == 0)
    return 0;
  switch (code) {
    case BOURSE_ERROR_NETWORK:
    case BOURSE_ERROR_RESOLVE:
    case BOURSE_ERROR_CONNECT:
    case BOURSE_ERROR_DISCONNECTED:
    case BOURSE_ERROR_RATE_LIMITED:
    case BOURSE_ERROR_UNAVAILABLE:
    case BOURSE_ERROR_OVERLOADED: return 1;
    default: return 0;
  }
}

/* 1 when another attempt is set up. */
static int32_t try_again(bourse__running *running, int32_t code) {
  bourse_context *context = running->context;
  int64_t now = bourse__loop_monotonic_ns(context->loop), wait = 0;
  /* A token that does not hold yet, or no more, is refused like one of an unknown key. */
  if (code == BOURSE_ERROR_TIMESTAMP || (code == BOURSE_ERROR_AUTH && running->with_token)) {
    bourse__clock_offset_reset(&running->exchange->clock);
    running->exchange->clock_tried_ns = 0;
    if (acts(running) || running->resynced || running->exchange->clock_sync == BOURSE_NO) return 0;
    running->resynced = 1;
  } else {
    if (!may_retry(running, code)) return 0;
    wait = bourse__retry_delay_ns(running->attempt, RETRY_BASE_NS, RETRY_CAP_NS,
                                  running->failure.error.retry_after_ms * MILLISECOND_NS, &context->random);
    if (now + wait >= running->deadline_monotonic_ns) return 0;
    running->attempt++;
  }
  context->metrics[BOURSE__METRIC_RETRIES]++;
  bourse__log_write(&context->log, BOURSE_LOG_INFO, "%s: %s is tried again: %s", running->exchange->adapter->name,
                    running->info->name, running->failure.message);
  bourse_truncate(&running->call, running->step_start);
  bourse__running_forgive(running);
  running->state = STATE_BUILD;
  if (wait > 0)
    bourse__timer_set(context->loop, &running->delay, now + wait);
  else
    bourse__running_advance(running);
  return 1;
}

/* The same of one order among several, whose refusal stands in its record. */
static void doubt_refusals(bourse__running *running) {
  bourse_result *result = running->result;
  if (!is_repeat(running) || result->kind != BOURSE_KIND_ORDER) return;
  bourse_order *orders = (bourse_order *)(void *)result->records;
  for (uint32_t i = running->step_start; i < result->count; i++)
    if (orders[i].error != 0 && orders[i].outcome == BOURSE_OUTCOME_REJECTED)
      orders[i].outcome = BOURSE_OUTCOME_UNKNOWN;
}

void bourse__running_reply(bourse__running *running, const bourse_http_reply *reply) {
  running->in_flight = 0;
  if (running->finished) return;
  int32_t code = bourse__running_judge(running, reply);
  if (code == BOURSE_OK || code == BOURSE_CONTINUE) doubt_refusals(running);
  if (code == BOURSE_OK) learn_clock(running, reply);
  if (code == BOURSE_OK) code = bourse__page_next(running);
  if (code == BOURSE_CONTINUE) {
    running->step_start = running->result->count;
    running->call.step++;
    running->attempt = 0;
    running->state = STATE_BUILD;
    bourse__running_advance(running);
    return;
  }
  if (code != BOURSE_OK && try_again(running, code)) return;
  bourse__running_finish(running, code);
}

void bourse_transport_complete(bourse_exchange_token *token, const bourse_http_reply *reply) {
  if (token == NULL || reply == NULL || !token->running->in_flight) return;
  bourse__running_reply(token->running, reply);
}
