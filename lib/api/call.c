/* api/call.c - what adapters call: building requests, appending records, failing. The contract is bourse/sys/adapter.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/api.h"

static void fail_memory(bourse_call *call) {
  if (call->running->failure.error.code == BOURSE_OK) bourse_fail(call, BOURSE_ERROR_MEMORY, NULL, "out of memory");
}

/* Room for one parameter, or the one that has this name already. */
static bourse_wire_param *new_param(bourse_call *call, const char *name) {
  bourse_wire *wire = &call->wire;
  if (wire->param_count == wire->param_capacity) {
    uint32_t capacity = wire->param_capacity == 0 ? 24 : wire->param_capacity * 2;
    bourse_wire_param *params = bourse_arena_alloc(call->arena, capacity * sizeof *params);
    if (params == NULL) {
      fail_memory(call);
      return NULL;
    }
    if (wire->param_count > 0) memcpy(params, wire->params, wire->param_count * sizeof *params);
    wire->params = params;
    wire->param_capacity = capacity;
  }
  bourse_wire_param *param = &wire->params[wire->param_count++];
  *param = (bourse_wire_param){.name = name}; /* the place may have been used before */
  return param;
}

void bourse_put_bytes(bourse_call *call, const char *name, const char *value, size_t length) {
  bourse_wire_param *param = new_param(call, name);
  if (param == NULL) return;
  param->value = bourse_arena_copy(call->arena, value, length);
  param->value_length = length;
  if (param->value == NULL) {
    call->wire.param_count--;
    fail_memory(call);
  }
}

void bourse_put(bourse_call *call, const char *name, const char *value) {
  if (value != NULL) bourse_put_bytes(call, name, value, strlen(value));
}

void bourse_put_decimal(bourse_call *call, const char *name, const bourse_decimal *value) {
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  if (!bourse_decimal_is_present(value)) return;
  int32_t length = bourse_decimal_format(text, sizeof text, value);
  if (length > 0) bourse_put_bytes(call, name, text, (size_t)length);
}

void bourse_put_int(bourse_call *call, const char *name, int64_t value) {
  char text[24];
  int length = snprintf(text, sizeof text, "%" PRId64, value);
  bourse_put_bytes(call, name, text, (size_t)length);
}

void bourse_put_uint(bourse_call *call, const char *name, uint32_t value) {
  if (value != 0) bourse_put_int(call, name, (int64_t)value);
}

void bourse_put_ms(bourse_call *call, const char *name, int64_t time_ns) {
  if (time_ns != 0) bourse_put_int(call, name, time_ns / 1000000);
}

void bourse_put_json(bourse_call *call, const char *name, const char *json) {
  uint32_t before = call->wire.param_count;
  bourse_put(call, name, json);
  if (call->wire.param_count > before) call->wire.params[before].json = 1;
}

const char *bourse_get_param(const bourse_call *call, const char *name) {
  for (uint32_t i = 0; i < call->wire.param_count; i++)
    if (strcmp(call->wire.params[i].name, name) == 0) return call->wire.params[i].value;
  return NULL;
}

const char *bourse_own_param(const bourse_request *request, const char *name) {
  for (uint32_t i = 0; i < request->param_count; i++)
    if (strcmp(request->params[i].name, name) == 0) return request->params[i].value;
  return NULL;
}

void bourse_put_header(bourse_call *call, const char *name, const char *value) {
  bourse_wire *wire = &call->wire;
  if (wire->header_count == sizeof wire->headers / sizeof wire->headers[0]) {
    bourse_fail(call, BOURSE_ERROR_INTERNAL, NULL, "too many headers at %s", name);
    return;
  }
  char *copy = bourse_arena_copy(call->arena, value, strlen(value));
  if (copy == NULL) {
    fail_memory(call);
    return;
  }
  wire->headers[wire->header_count].name = name;
  wire->headers[wire->header_count++].value = copy;
}

void bourse_encode_params(bourse_call *call, bourse_text *text) {
  const bourse_wire *wire = &call->wire;
  for (uint32_t i = 0; i < wire->param_count; i++) {
    if (i > 0) bourse_text_char(text, '&');
    bourse_text_string(text, wire->params[i].name);
    bourse_text_char(text, '=');
    bourse_text_url(text, wire->params[i].value, wire->params[i].value_length);
  }
}

int32_t bourse_set_query(bourse_call *call, bourse_text *text) {
  call->wire.query = bourse_text_finish(text);
  if (call->wire.query != NULL) return BOURSE_OK;
  fail_memory(call);
  return BOURSE_ERROR_MEMORY;
}

int32_t bourse_set_body(bourse_call *call, bourse_text *text, const char *content_type) {
  call->wire.body = bourse_text_finish(text);
  call->wire.body_length = text->length;
  if (call->wire.body == NULL) {
    fail_memory(call);
    return BOURSE_ERROR_MEMORY;
  }
  if (content_type != NULL) bourse_put_header(call, "Content-Type", content_type);
  return call->running->failure.error.code;
}

const bourse_endpoint *bourse_find_endpoint(const bourse_adapter *adapter, int32_t operation, uint32_t products,
                                            uint32_t variant) {
  for (uint32_t i = 0; i < adapter->endpoint_count; i++) {
    const bourse_endpoint *endpoint = &adapter->endpoints[i];
    if (endpoint->operation == operation && (endpoint->products & products) != 0 && endpoint->variant == variant)
      return endpoint;
  }
  return NULL;
}

uint32_t bourse_call_for(const bourse_call *call) {
  switch (call->product) {
    case BOURSE_PRODUCT_SPOT:
      return call->margin_mode == BOURSE_MARGIN_CROSS      ? BOURSE_FOR_CROSS
             : call->margin_mode == BOURSE_MARGIN_ISOLATED ? BOURSE_FOR_ISOLATED
                                                           : BOURSE_FOR_SPOT;
    case BOURSE_PRODUCT_LINEAR: return BOURSE_FOR_LINEAR;
    case BOURSE_PRODUCT_INVERSE: return BOURSE_FOR_INVERSE;
    case BOURSE_PRODUCT_OPTION: return BOURSE_FOR_OPTION;
    default: return BOURSE_FOR_ALL;
  }
}

/* Many results have one record, which the arena has room for. More are kept by themselves: what a large one grows out of
 * would otherwise stay behind in the arena, and often they grow where they are. */
static int32_t grow_records(bourse_result *result) {
  uint32_t capacity = result->capacity == 0 ? 1 : result->capacity == 1 ? 16 : result->capacity * 2;
  size_t size = (size_t)capacity * result->record_size;
  char *records;
  if (capacity == 1) {
    records = bourse_arena_alloc(result->arena, size);
  } else {
    records = bourse__realloc(&result->arena->allocator, result->memory, size);
    if (records != NULL && result->memory == NULL)
      memcpy(records, result->records, (size_t)result->count * result->record_size);
    if (records != NULL) result->memory = records;
  }
  if (records == NULL) return 0;
  result->records = records;
  result->capacity = capacity;
  return 1;
}

void *bourse__result_append(bourse_result *result) {
  if (result->count == result->capacity && !grow_records(result)) return NULL;
  char *record = result->records + (size_t)result->count++ * result->record_size;
  memset(record, 0, result->record_size);
  return record;
}

void *bourse_append(bourse_call *call, int32_t kind) {
  bourse_result *result = call->result;
  if (kind != result->kind) {
    bourse_fail(call, BOURSE_ERROR_INTERNAL, NULL, "a record of kind %d does not belong in a result of kind %d", kind,
                result->kind);
    return NULL;
  }
  void *record = bourse__result_append(result);
  if (record == NULL && call->running != NULL) fail_memory(call);
  return record;
}

bourse_receipt *bourse_append_receipt(bourse_call *call) {
  bourse_receipt *receipt = bourse_append(call, BOURSE_KIND_RECEIPT);
  if (receipt == NULL) return NULL;
  receipt->realization = BOURSE_NATIVE;
  receipt->time_ns = call->now_ns;
  return receipt;
}

uint32_t bourse_appended(const bourse_call *call) { return call->result->count; }

void *bourse_appended_at(bourse_call *call, uint32_t index) {
  return index < call->result->count ? call->result->records + (size_t)index * call->result->record_size : NULL;
}

void bourse_truncate(bourse_call *call, uint32_t count) {
  bourse_result *result = call->result;
  if (count < result->count) result->count = count;
}

void bourse_decode_reply(bourse_call *call, bourse_decoder *decoder, const bourse_http_reply *reply) {
  bourse_decode_init(decoder, call->arena, reply->body, reply->body_length, call);
}

int32_t bourse_decode_end(bourse_call *call, bourse_decoder *decoder) {
  int32_t code = bourse_decode_finish(decoder);
  if (code == BOURSE_OK || call->running->failure.error.code != BOURSE_OK)
    return call->running->failure.error.code != BOURSE_OK ? call->running->failure.error.code : BOURSE_OK;
  if (code == BOURSE_ERROR_MEMORY) return bourse_fail(call, code, NULL, "out of memory");
  return bourse_fail(call, code, NULL, "the reply to %s cannot be read: %s", call->running->info->name,
                     decoder->error_text[0] != '\0' ? decoder->error_text
                     : decoder->json.error != NULL  ? decoder->json.error
                                                    : "malformed");
}

const bourse_market *bourse_market_by_id(bourse_call *call, int32_t product, bourse_slice id) {
  if (call->market != NULL && call->market->product == product && bourse_slice_is(id, call->market->id))
    return call->market;
  bourse__running *running = call->running;
  bourse__markets_slot *slot = running->exchange == NULL ? NULL : bourse__markets_slot_of(running->exchange, product);
  if (slot == NULL || slot->markets == NULL) return NULL;
  bourse__result_use(call->result, slot->markets);
  return bourse__markets_by_id(slot->markets, id.data, id.length);
}

void bourse_set_cursor(bourse_call *call, const char *cursor) {
  call->result->cursor = cursor == NULL ? NULL : bourse_arena_copy(call->arena, cursor, strlen(cursor));
  if (cursor != NULL && call->result->cursor == NULL) fail_memory(call);
}

void bourse_learn_limit(bourse_call *call, uint32_t bucket, uint32_t capacity, int64_t interval_ns) {
  bourse_exchange *exchange = call->running->exchange;
  if (exchange == NULL || exchange->limits == NULL || bucket >= exchange->adapter->limit_count || capacity == 0) return;
  uint32_t index = exchange->limits->address_buckets[bucket];
  if (index == UINT32_MAX && exchange->account != NULL) index = exchange->account->buckets[bucket];
  if (index != UINT32_MAX)
    bourse__limiter_learn_capacity(exchange->limits->limiter, index, capacity, interval_ns,
                                   bourse__limits_now_ns(exchange));
}

int32_t bourse_fail(bourse_call *call, int32_t code, const char *field, const char *message, ...) {
  va_list list;
  va_start(list, message);
  bourse__failure_set_v(&call->running->failure, code, field, message, list);
  va_end(list);
  if (code <= -400 && code > -600) call->running->failure.error.outcome = BOURSE_OUTCOME_NONE; /* judged later */
  return code;
}

int32_t bourse_fail_memory(bourse_call *call) { return bourse_fail(call, BOURSE_ERROR_MEMORY, NULL, "out of memory"); }

int32_t bourse_fail_exchange(bourse_call *call, int32_t code, bourse_slice exchange_code,
                             bourse_slice exchange_message) {
  bourse__failure *failure = &call->running->failure;
  bourse_fail(call, code, NULL, code > -500 ? "%s refused %s: %s" : "%s did not serve %s: %s", call->adapter->title,
              call->running->info->name, bourse_error_text(code));
  bourse__copy_text(failure->exchange_code, sizeof failure->exchange_code, exchange_code.data, exchange_code.length);
  bourse__copy_text(failure->exchange_message, sizeof failure->exchange_message, exchange_message.data,
                    exchange_message.length);
  return code;
}

void bourse_set_retry_after(bourse_call *call, int64_t retry_after_ms) {
  call->running->failure.error.retry_after_ms = retry_after_ms < 0 ? 0 : retry_after_ms;
}

void bourse_set_outcome(bourse_call *call, int32_t outcome) { call->running->failure.error.outcome = outcome; }

int32_t bourse_accept_unchanged(bourse_call *call) {
  bourse__running_forgive(call->running);
  if (call->result->kind != BOURSE_KIND_RECEIPT) return BOURSE_OK;
  bourse_receipt *receipt = bourse_append(call, BOURSE_KIND_RECEIPT);
  if (receipt == NULL) return BOURSE_ERROR_MEMORY;
  receipt->unchanged = BOURSE_YES;
  receipt->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}
