/* api/context.c - contexts: the loop, the queue of finished operations, and what handles share. */
#include <bourse/context.h>

#include <sodium.h>
#include <string.h>
#include <time.h>

#include "api/journal.h"
#include "api/rails.h"
#include "api/streaming.h"

static int64_t read_clock(clockid_t id) {
  struct timespec now;
  clock_gettime(id, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t system_now(void *user_data) {
  (void)user_data;
  return read_clock(CLOCK_REALTIME);
}

static int64_t system_monotonic(void *user_data) {
  (void)user_data;
  return read_clock(CLOCK_MONOTONIC);
}

static void system_random(void *user_data, void *out, size_t size) {
  (void)user_data;
  randombytes_buf(out, size);
}

static int32_t check_hooks(const bourse_context_options *options, bourse__failure *failure) {
  const bourse_allocator *allocator = &options->allocator;
  int32_t parts = (allocator->allocate != NULL) + (allocator->reallocate != NULL) + (allocator->release != NULL);
  if (parts != 0 && parts != 3)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "allocator", "an allocator has all three functions or none");
  if ((options->clock.now_ns == NULL) != (options->clock.monotonic_ns == NULL))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "clock", "a clock has both functions or none");
  if (options->transport != NULL && (options->transport->send == NULL || options->transport->cancel == NULL))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "transport", "a transport has send and cancel");
  if (options->transport != NULL && options->transport->struct_size >= sizeof(bourse_transport)) {
    const bourse_transport *transport = options->transport;
    parts = (transport->connect != NULL) + (transport->send_message != NULL) + (transport->pause != NULL) +
            (transport->disconnect != NULL);
    if (parts != 0 && parts != 4)
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "transport",
                                 "a transport has all of connect, send_message, pause and disconnect, or none");
  }
  const bourse_store *store = options->store;
  if (store != NULL && (store->struct_size < sizeof *store || store->put == NULL || store->remove == NULL || store->each == NULL))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "store", "a store has put, remove and each");
  if (options->log_level < 0 || options->log_level > BOURSE_LOG_DEBUG)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "log_level", "log_level is 0 to %d", BOURSE_LOG_DEBUG);
  return BOURSE_OK;
}

static int32_t open_means(bourse_context *context, const bourse_context_options *options) {
  int32_t code = bourse__loop_new(&context->loop, &context->allocator, context->host_clock ? &context->clock : NULL);
  if (code != BOURSE_OK) return code;
  if (options->transport != NULL)
    return bourse__copy_stamped(&context->transport, sizeof context->transport, options->transport, "transport", &context->failure);
  bourse__http_options http = {
      .proxy = options->proxy, .ca_file = options->ca_file, .user_agent = options->user_agent, .log = &context->log, .random = context->random};
  code = bourse__http_new(&context->http, context->loop, &context->allocator, &http);
  if (code == BOURSE_OK) bourse__http_transport(context->http, &context->transport);
  return code;
}

int32_t bourse_context_new(bourse_context **out, const bourse_context_options *given) {
  static const bourse_context_options defaults = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_context_options options;
  bourse__failure failure;
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  *out = NULL;
  bourse__failure_clear(&failure);
  int32_t code = bourse__copy_stamped(&options, sizeof options, given == NULL ? &defaults : given, "options", &failure);
  if (code == BOURSE_OK) code = check_hooks(&options, &failure);
  if (code != BOURSE_OK) return code;
  if (sodium_init() < 0) return BOURSE_ERROR_CRYPTO;
  bourse_allocator allocator = options.allocator.allocate == NULL ? bourse__default_allocator : options.allocator;
  bourse_context *context = bourse__alloc(&allocator, sizeof *context);
  if (context == NULL) return BOURSE_ERROR_MEMORY;
  context->allocator = allocator;
  context->host_clock = options.clock.now_ns != NULL;
  context->clock = options.clock;
  if (!context->host_clock) context->clock = (bourse_clock){NULL, system_now, system_monotonic};
  context->random = options.random;
  if (context->random.fill == NULL) context->random = (bourse_random){NULL, system_random};
  context->log.write = options.log;
  context->log.user_data = options.log_user_data;
  context->log.level = options.log_level == 0 ? BOURSE_LOG_WARN : options.log_level;
  context->queue_limit = options.queue_limit == 0 ? 10000 : options.queue_limit;
  context->market_store = options.market_store;
  if (options.store != NULL) context->store = *options.store;
  context->limiter_hook = options.limiter_hook;
  context->on_wire = options.on_wire;
  context->on_wire_user_data = options.on_wire_user_data;
  context->on_socket = options.on_socket;
  context->on_socket_user_data = options.on_socket_user_data;
  context->finished_end = &context->finished;
  bourse__failure_clear(&context->failure);
  code = open_means(context, &options);
  if (code == BOURSE_OK) code = bourse__rails_recall(context);
  if (code != BOURSE_OK) {
    bourse_context_free(context);
    return code;
  }
  *out = context;
  return BOURSE_OK;
}

static void free_limits(bourse_context *context) {
  bourse__limits *limits;
  while ((limits = context->limits) != NULL) {
    bourse__account_limits *account;
    context->limits = limits->next;
    while ((account = limits->accounts) != NULL) {
      limits->accounts = account->next;
      for (bourse__market_budget *budget; (budget = account->markets) != NULL;) {
        account->markets = budget->next;
        bourse__release(&context->allocator, budget);
      }
      bourse__release(&context->allocator, account);
    }
    bourse__limiter_free(limits->limiter);
    bourse__release(&context->allocator, limits->address_buckets);
    bourse__release(&context->allocator, limits);
  }
}

static void free_finished(bourse__running *running) {
  bourse_result_free(running->result);
  bourse__release(&running->context->allocator, running);
}

void bourse_context_free(bourse_context *context) {
  if (context == NULL) return;
  bourse__streams_leave(context, NULL);
  for (bourse__running *running = context->running; running != NULL; running = running->next) {
    running->waiters = NULL; /* all of them go: nobody is woken */
    running->waiting_for = NULL;
  }
  while (context->running != NULL) bourse__running_drop(context->running);
  for (bourse__running *running = context->finished, *next; running != NULL; running = next) {
    next = running->next;
    free_finished(running);
  }
  while (context->exchanges != NULL) {
    bourse_exchange *exchange = context->exchanges;
    context->exchanges = exchange->next;
    if (exchange->adapter->close != NULL) exchange->adapter->close(exchange->state, &exchange->allocator);
    exchange->state = NULL;
    exchange->limits = NULL;
    exchange->account = NULL;
    exchange->journal = NULL;
    exchange->rails = NULL;
    bourse__dead_man_drop(exchange);
    exchange->next = NULL;
    exchange->context = NULL;
  }
  bourse__journals_free(context);
  bourse__rails_free(context);
  bourse__http_free(context->http);
  bourse__loop_free(context->loop);
  for (bourse__markets_slot *slot; (slot = context->market_slots) != NULL;) {
    context->market_slots = slot->next;
    bourse__markets_drop(slot->markets);
    bourse__release(&context->allocator, slot);
  }
  free_limits(context);
  for (bourse__registered *registered; (registered = context->registered) != NULL;) {
    context->registered = registered->next;
    bourse__drop_adapter(&context->allocator, registered);
  }
  bourse_allocator allocator = context->allocator;
  bourse__release(&allocator, context);
}

const bourse_error *bourse_context_error(const bourse_context *context) {
  static const bourse_error no_context = {sizeof(bourse_error), BOURSE_ERROR_ARGUMENT, BOURSE_OUTCOME_NOT_SENT, 0, 0,
                                          "the context is NULL", "context", "", "", "", "", ""};
  return context == NULL ? &no_context : &context->failure.error;
}

int32_t bourse_fd(const bourse_context *context) { return context == NULL ? -1 : bourse__loop_fd(context->loop); }

int64_t bourse_timeout_ms(const bourse_context *context) {
  if (context == NULL) return -1;
  return context->finished != NULL ? 0 : bourse__loop_timeout_ms(context->loop);
}

void bourse_wakeup(bourse_context *context) {
  if (context != NULL) bourse__loop_wakeup(context->loop);
}

static void take_finished(bourse_context *context, bourse__running **link) {
  bourse__running *running = *link;
  *link = running->next;
  if (context->finished_end == &running->next) context->finished_end = link;
  running->next = NULL;
  context->open_requests--;
  context->metrics[BOURSE__METRIC_QUEUE_LENGTH]--;
}

/* Turns a finished operation into an event and lets go of it. */
static void to_event(bourse__running *running, bourse_event *event) {
  bourse_context *context = running->context;
  running->result->delivered_ns = bourse__loop_now_ns(context->loop);
  *event = (bourse_event){.struct_size = sizeof *event,
                          .api_version = BOURSE_API_VERSION,
                          .kind = running->event_kind == 0 ? BOURSE_EVENT_RESULT : running->event_kind,
                          .ticket = running->ticket,
                          .exchange = running->exchange,
                          .result = running->result,
                          .user_data = running->request.user_data};
  bourse__release(&context->allocator, running);
}

/* A callback may start, cancel and close things: the list is looked at afresh after each. */
static void fire_callbacks(bourse_context *context) {
  bourse__running **link = &context->finished;
  uint64_t newest = context->last_ticket;
  context->in_run = 1;
  while (*link != NULL) {
    bourse__running *running = *link;
    if (running->request.on_complete == NULL || running->blocking || running->ticket > newest) {
      link = &running->next;
      continue;
    }
    bourse_event event;
    void (*on_complete)(void *, bourse_event *) = running->request.on_complete;
    take_finished(context, link);
    to_event(running, &event);
    on_complete(event.user_data, &event);
    link = &context->finished;
  }
  context->in_run = 0;
}

int32_t bourse_run(bourse_context *context, int64_t max_wait_ms) {
  if (context == NULL) return BOURSE_ERROR_ARGUMENT;
  if (context->in_run)
    return bourse__failure_set(&context->failure, BOURSE_ERROR_STATE, NULL, "bourse_run was called from inside a callback");
  uint32_t completed = context->completed;
  context->running_loop = 1;
  bourse__streams_fire(context);
  if (context->transport.run != NULL) context->transport.run(context->transport.user_data);
  int32_t waiting = 0;
  for (bourse__running *running = context->finished; running != NULL; running = running->next) waiting |= !running->blocking;
  int32_t code = bourse__loop_run(context->loop, waiting || completed != context->completed ? 0 : max_wait_ms);
  context->running_loop = 0;
  if (code < 0) return bourse__failure_set(&context->failure, code, NULL, "the event loop failed");
  context->running_loop = 1;
  if (context->transport.run != NULL) context->transport.run(context->transport.user_data);
  context->running_loop = 0;
  fire_callbacks(context);
  return (int32_t)(context->completed - completed);
}

int32_t bourse_next(bourse_context *context, bourse_event *event) {
  if (context == NULL || event == NULL) return BOURSE_ERROR_ARGUMENT;
  uint32_t size = event->struct_size;
  if (size < sizeof(bourse_event))
    return bourse__failure_set(&context->failure, BOURSE_ERROR_STRUCT, "event", "event.struct_size is %u; set it with BOURSE_EVENT_INIT",
                               size);
  for (bourse__running **link = &context->finished; *link != NULL; link = &(*link)->next) {
    bourse__running *running = *link;
    if (running->blocking || running->request.on_complete != NULL) continue;
    take_finished(context, link);
    to_event(running, event);
    event->struct_size = size;
    return 1;
  }
  return 0;
}

static const char *const metric_names[BOURSE__METRIC_COUNT] = {
    "requests",          "replies",       "retries",     "network_errors", "refusals",         "unknown_outcomes", "limit_waits",
    "circuits_opened",   "market_loads",  "reply_bytes", "queue_length",   "queue_high_water", "queue_refused",
    "sockets_opened",    "sockets_broken", "messages",   "message_bytes",  "undecoded",        "gaps"};

const char *bourse_metric_name(uint32_t index) { return index < BOURSE__METRIC_COUNT ? metric_names[index] : NULL; }

int64_t bourse_metric_value(const bourse_context *context, uint32_t index) {
  return context == NULL || index >= BOURSE__METRIC_COUNT ? 0 : context->metrics[index];
}
