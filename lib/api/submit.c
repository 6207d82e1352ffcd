/* api/submit.c - the ways to run an operation: submitted, blocking, and decoding a reply that the caller has. */
#include <bourse/exchange.h>

#include <string.h>

#include "api/api.h"

/* Checks and starts; *out is valid until the next turn of the loop, or until it is taken from the queue. */
static int32_t start(bourse__running **out, bourse_exchange *exchange, const bourse_request *given, int32_t blocking) {
  bourse_request request;
  *out = NULL;
  if (exchange == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_context *context = exchange->context;
  if (context == NULL) return BOURSE_ERROR_STATE;
  bourse__failure *failure = &context->failure;
  bourse__failure_clear(failure);
  failure->error.exchange = exchange->adapter->name;
  int32_t code = bourse__copy_stamped(&request, sizeof request, given, "request", failure);
  if (code != BOURSE_OK) return code;
  const bourse_operation_info *info = bourse_schema_operation(request.operation);
  if (info == NULL)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "operation", "operation is %d; that is none", request.operation);
  failure->error.operation = info->name;
  if ((info->flags & BOURSE_OPERATION_STREAM) != 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "operation", "%s is a stream: open it with bourse_watch", info->name);
  code = bourse__check_request(exchange, info, &request, failure);
  if (code != BOURSE_OK) return code;
  if (context->open_requests >= context->queue_limit) {
    context->metrics[BOURSE__METRIC_QUEUE_REFUSED]++;
    return bourse__failure_set(failure, BOURSE_ERROR_QUEUE_FULL, NULL, "%u requests are open already; take results from the queue first",
                               context->open_requests);
  }
  bourse__running *running;
  code = bourse__running_new(&running, exchange, &request, 0, failure);
  if (code != BOURSE_OK) return code;
  running->blocking = blocking;
  if (blocking) running->request.on_complete = NULL;
  *out = running;
  bourse__running_advance(running);
  return BOURSE_OK;
}

int32_t bourse_submit(bourse_exchange *exchange, const bourse_request *request, uint64_t *ticket) {
  bourse__running *running;
  if (ticket != NULL) *ticket = 0;
  int32_t code = start(&running, exchange, request, 0);
  if (code == BOURSE_OK && ticket != NULL) *ticket = running->ticket;
  return code;
}

int32_t bourse_cancel(bourse_context *context, uint64_t ticket) {
  if (context == NULL) return BOURSE_ERROR_ARGUMENT;
  for (bourse__running *running = context->running; running != NULL; running = running->next) {
    if (running->ticket != ticket || running->internal) continue;
    bourse_fail(&running->call, BOURSE_ERROR_CANCELED, NULL, "%s was canceled by the caller", running->info->name);
    bourse__running_finish(running, BOURSE_ERROR_CANCELED);
    return BOURSE_OK;
  }
  return bourse__failure_set(&context->failure, BOURSE_ERROR_STATE, "ticket", "no request with ticket %llu is under way",
                             (unsigned long long)ticket);
}

/* Takes a finished blocking operation out of the queue. */
static bourse_result *collect(bourse__running *running) {
  bourse_context *context = running->context;
  bourse__running **link = &context->finished;
  while (*link != running) link = &(*link)->next;
  *link = running->next;
  if (context->finished_end == &running->next) context->finished_end = link;
  context->open_requests--;
  context->metrics[BOURSE__METRIC_QUEUE_LENGTH]--;
  bourse_result *result = running->result;
  result->delivered_ns = bourse__loop_now_ns(context->loop);
  if (result->code != BOURSE_OK) bourse__failure_copy(&context->failure, &running->failure);
  bourse__release(&context->allocator, running);
  return result;
}

static int32_t deliver(bourse_result **out, bourse_result *result) {
  int32_t code = result->code;
  /* What is known of an order that was waited for in vain is worth having. */
  if (code == BOURSE_OK || (result->operation == BOURSE_OP_WAIT_ORDER && result->count > 0))
    *out = result;
  else
    bourse_result_free(result);
  return code;
}

int32_t bourse_execute(bourse_result **out, bourse_exchange *exchange, const bourse_request *request) {
  bourse__running *running;
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  *out = NULL;
  if (exchange == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_context *context = exchange->context;
  if (context == NULL) return BOURSE_ERROR_STATE;
  if (context->in_run)
    return bourse__failure_set(&context->failure, BOURSE_ERROR_STATE, NULL, "a blocking call cannot be made from inside a callback");
  bourse__loop_hold(context->loop, 1);
  int32_t code = start(&running, exchange, request, 1);
  while (code == BOURSE_OK && !running->finished) {
    if (context->transport.run != NULL) context->transport.run(context->transport.user_data);
    if (running->finished) break;
    code = bourse__loop_run(context->loop, -1);
    if (code == 0 && context->host_clock && !running->finished) {
      /* Time stands still for us: only the host could move things on. */
      bourse_fail(&running->call, BOURSE_ERROR_STATE, NULL,
                  "%s has to wait, and with the host's own clock a blocking call cannot; use bourse_submit", running->info->name);
      bourse__running_finish(running, BOURSE_ERROR_STATE);
    }
    if (code > 0) code = BOURSE_OK;
  }
  bourse__loop_hold(context->loop, 0);
  if (running == NULL) return code;
  if (code != BOURSE_OK) {
    bourse__running_drop(running);
    return bourse__failure_set(&context->failure, code, NULL, "the event loop failed");
  }
  return deliver(out, collect(running));
}

int32_t bourse_check(bourse_result **out, bourse_exchange *exchange) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_PERMISSIONS);
  if (exchange != NULL && !bourse_supports(exchange, BOURSE_OP_FETCH_PERMISSIONS, 0, 0))
    request.operation = BOURSE_OP_FETCH_BALANCES;
  return bourse_execute(out, exchange, &request);
}

int32_t bourse_market_find(const bourse_market **out, bourse_exchange *exchange, const char *symbol, int32_t product) {
  if (out != NULL) *out = NULL;
  if (out == NULL || exchange == NULL) return BOURSE_ERROR_ARGUMENT;
  if (exchange->context == NULL) return BOURSE_ERROR_STATE;
  bourse__failure *failure = &exchange->context->failure;
  if (symbol == NULL || product < 0 || product > BOURSE_PRODUCT_OPTION)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, symbol == NULL ? "symbol" : "product", "%s",
                               symbol == NULL ? "symbol is NULL" : "product is none of BOURSE_PRODUCT_*");
  int32_t told = bourse__symbol_product(symbol);
  int32_t wanted = told != 0 ? told : product != 0 ? product : exchange->product;
  bourse__markets_slot *slot = bourse__markets_slot_of(exchange, wanted);
  if (slot == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  if (!bourse__markets_ready(exchange, slot)) {
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_MARKETS);
    bourse_result *result;
    request.product = wanted;
    int32_t code = bourse_execute(&result, exchange, &request);
    if (code != BOURSE_OK) return code;
    bourse_result_free(result);
  }
  if (slot->markets != NULL)
    *out = told != 0 ? bourse__markets_by_symbol(slot->markets, symbol, strlen(symbol))
                     : bourse__markets_by_id(slot->markets, symbol, strlen(symbol));
  if (*out != NULL) return BOURSE_OK;
  return bourse__failure_set(failure, BOURSE_ERROR_UNKNOWN_SYMBOL, "symbol", "%s lists no such market: \"%s\"",
                             exchange->adapter->title, symbol);
}

/* --- Decoding --- */

static int32_t decode(bourse_result **out, bourse_exchange *exchange, const bourse_request *given,
                      const bourse_endpoint *endpoint, const bourse_http_reply *reply) {
  bourse_context *context = exchange->context;
  bourse__failure *failure = &context->failure;
  bourse_request request;
  bourse__running *running;
  bourse__failure_clear(failure);
  failure->error.exchange = exchange->adapter->name;
  int32_t code = bourse__copy_stamped(&request, sizeof request, given, "request", failure);
  if (code != BOURSE_OK) return code;
  const bourse_operation_info *info = bourse_schema_operation(request.operation);
  if (info == NULL)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "operation", "operation is %d; that is none", request.operation);
  if (exchange->adapter->execute != NULL || (info->flags & BOURSE_OPERATION_STREAM) != 0)
    return bourse__failure_set(failure, BOURSE_ERROR_UNSUPPORTED, NULL, "%s has no replies to decode", exchange->adapter->title);
  code = endpoint != NULL ? BOURSE_OK : bourse__check_request(exchange, info, &request, failure);
  if (code != BOURSE_OK && code != BOURSE_ERROR_CREDENTIALS && code != BOURSE_ERROR_FORBIDDEN) return code;
  bourse__failure_clear(failure);
  failure->error.exchange = exchange->adapter->name;
  code = bourse__running_new(&running, exchange, &request, 0, failure);
  if (code != BOURSE_OK) return code;
  running->blocking = 1;
  running->forced = endpoint;
  /* Keys are not needed to read, and tables that are not there are not asked for: symbols stay unknown then. */
  code = bourse__running_resolve(running);
  if (code == BOURSE_OK && (code = bourse__running_build(running)) == BOURSE_ERROR_CREDENTIALS && running->call.endpoint != NULL) {
    bourse__running_forgive(running);
    code = BOURSE_OK;
  }
  if (code == BOURSE_OK) {
    running->sent_acting = (running->call.endpoint->flags & BOURSE_ENDPOINT_ACTS) != 0;
    code = bourse__running_judge(running, reply);
  }
  if (code == BOURSE_CONTINUE) code = BOURSE_OK; /* further replies are not to be had */
  bourse__running_finish(running, code);
  return deliver(out, collect(running));
}

static int32_t decode_bytes(bourse_result **out, bourse_exchange *exchange, const bourse_request *request,
                            const bourse_endpoint *endpoint, int32_t http_status, const bourse_http_header *headers,
                            uint32_t header_count, const char *body, size_t length) {
  if (out != NULL) *out = NULL;
  if (out == NULL || exchange == NULL) return BOURSE_ERROR_ARGUMENT;
  if (exchange->context == NULL) return BOURSE_ERROR_STATE;
  if ((body == NULL && length > 0) || (headers == NULL && header_count > 0) || http_status < 100 || http_status > 599)
    return bourse__failure_set(&exchange->context->failure, BOURSE_ERROR_ARGUMENT, body == NULL && length > 0 ? "body" : "http_status",
                               "a reply has a body, headers and an HTTP status of 100 to 599; %d was given", http_status);
  bourse_http_reply reply = {
      .struct_size = sizeof reply,
      .http_status = http_status,
      .sent = BOURSE_YES,
      .headers = headers,
      .header_count = header_count,
      .body = body == NULL ? "" : body,
      .body_length = length,
      .received_ns = bourse__loop_now_ns(exchange->context->loop),
  };
  return decode(out, exchange, request, endpoint, &reply);
}

int32_t bourse_decode(bourse_result **out, bourse_exchange *exchange, const bourse_request *request, int32_t http_status,
                      const bourse_http_header *headers, uint32_t header_count, const char *body, size_t length) {
  return decode_bytes(out, exchange, request, NULL, http_status, headers, header_count, body, length);
}

int32_t bourse__decode_as(bourse_result **out, bourse_exchange *exchange, const bourse_request *request,
                          const bourse_endpoint *endpoint, int32_t http_status, const bourse_http_header *headers,
                          uint32_t header_count, const char *body, size_t length) {
  return decode_bytes(out, exchange, request, endpoint, http_status, headers, header_count, body, length);
}
