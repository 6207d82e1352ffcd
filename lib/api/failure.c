/* api/failure.c - errors with room for their texts, and the stamp check of input structs. */
#include <stdio.h>
#include <string.h>

#include "api/api.h"

static void point_at_own_texts(bourse__failure *failure) {
  failure->error.struct_size = sizeof failure->error;
  failure->error.message = failure->message;
  failure->error.field = failure->field;
  failure->error.exchange_code = failure->exchange_code;
  failure->error.exchange_message = failure->exchange_message;
  failure->error.client_order_id = failure->client_order_id;
  if (failure->error.exchange == NULL) failure->error.exchange = "";
  if (failure->error.operation == NULL) failure->error.operation = "";
}

void bourse__failure_clear(bourse__failure *failure) {
  memset(&failure->error, 0, sizeof failure->error);
  failure->message[0] = failure->field[0] = failure->exchange_code[0] = '\0';
  failure->exchange_message[0] = failure->client_order_id[0] = '\0';
  point_at_own_texts(failure);
}

int32_t bourse__failure_set_v(bourse__failure *failure, int32_t code, const char *field, const char *message,
                              va_list list) {
  char text[sizeof failure->message], client_order_id[sizeof failure->client_order_id];
  const char *exchange = failure->error.exchange, *operation = failure->error.operation;
  memcpy(client_order_id, failure->client_order_id, sizeof client_order_id);
  bourse__failure_clear(failure);
  memcpy(failure->client_order_id, client_order_id, sizeof client_order_id);
  failure->error.exchange = exchange;
  failure->error.operation = operation;
  failure->error.code = code;
  failure->error.outcome = BOURSE_OUTCOME_NOT_SENT;
  if (field != NULL) bourse__copy_text(failure->field, sizeof failure->field, field, strlen(field));
  vsnprintf(text, sizeof text, message, list);
  bourse__copy_text(failure->message, sizeof failure->message, text, strlen(text));
  return code;
}

int32_t bourse__failure_set(bourse__failure *failure, int32_t code, const char *field, const char *message, ...) {
  va_list list;
  va_start(list, message);
  bourse__failure_set_v(failure, code, field, message, list);
  va_end(list);
  return code;
}

void bourse__failure_copy(bourse__failure *out, const bourse__failure *failure) {
  *out = *failure;
  point_at_own_texts(out);
}

/* Length of the UTF-8 character at `text`, 0 when there is none. */
static size_t character_length(const unsigned char *text, size_t length) {
  size_t size = text[0] < 0x80 ? 1 : text[0] >= 0xC2 && text[0] < 0xE0 ? 2 : (text[0] & 0xF0) == 0xE0 ? 3 : 4;
  if (text[0] >= 0xF5 || (text[0] >= 0x80 && text[0] < 0xC2) || size > length) return 0;
  for (size_t i = 1; i < size; i++)
    if ((text[i] & 0xC0) != 0x80) return 0;
  if (size == 3 && ((text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xED && text[1] >= 0xA0))) return 0;
  if (size == 4 && ((text[0] == 0xF0 && text[1] < 0x90) || (text[0] == 0xF4 && text[1] >= 0x90))) return 0;
  return size;
}

void bourse__copy_text(char *out, size_t out_size, const char *text, size_t length) {
  size_t at = 0;
  for (size_t i = 0; i < length;) {
    size_t size = character_length((const unsigned char *)text + i, length - i);
    if (at + (size == 0 ? 1 : size) >= out_size) break;
    if (size == 0 || (size == 1 && ((unsigned char)text[i] < 0x20 || text[i] == 0x7F))) {
      out[at++] = size == 0 ? '?' : ' ';
      i += size == 0 ? 1 : size;
      continue;
    }
    memcpy(out + at, text + i, size);
    at += size;
    i += size;
  }
  out[at] = '\0';
}

int32_t bourse__is_clean_text(const char *text, size_t length) {
  for (size_t i = 0; i < length;) {
    size_t size = character_length((const unsigned char *)text + i, length - i);
    if (size == 0 || (size == 1 && ((unsigned char)text[i] < 0x20 || text[i] == 0x7F))) return 0;
    i += size;
  }
  return 1;
}

int32_t bourse__copy_stamped(void *out, size_t full_size, const void *in, const char *name, bourse__failure *failure) {
  uint32_t stamp[2];
  if (in == NULL) return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, name, "%s is NULL", name);
  memcpy(stamp, in, sizeof stamp);
  if (stamp[0] < sizeof stamp || stamp[0] > 65536)
    return bourse__failure_set(failure, BOURSE_ERROR_STRUCT, name,
                               "%s.struct_size is %u; set it with the _INIT macro (this library's is %zu)", name, stamp[0],
                               full_size);
  if (stamp[1] != BOURSE_API_VERSION)
    return bourse__failure_set(failure, BOURSE_ERROR_STRUCT, name, "%s.api_version is %u; this library knows %u", name,
                               stamp[1], BOURSE_API_VERSION);
  const char *bytes = in;
  for (size_t i = full_size; i < stamp[0]; i++)
    if (bytes[i] != 0)
      return bourse__failure_set(failure, BOURSE_ERROR_STRUCT, name,
                                 "%s has members set that this library (%s) does not know", name, bourse_version());
  memset(out, 0, full_size);
  memcpy(out, in, stamp[0] < full_size ? stamp[0] : full_size);
  return BOURSE_OK;
}

static int32_t init_stamped(void *out, uint32_t size) {
  if (out == NULL || size < 2 * sizeof(uint32_t) || size > 65536) return BOURSE_ERROR_ARGUMENT;
  memset(out, 0, size);
  const uint32_t stamp[2] = {size, BOURSE_API_VERSION};
  memcpy(out, stamp, sizeof stamp);
  return BOURSE_OK;
}

int32_t bourse_order_request_init(bourse_order_request *request, uint32_t size) {
  return init_stamped(request, size);
}

int32_t bourse_context_options_init(bourse_context_options *options, uint32_t size) {
  return init_stamped(options, size);
}

int32_t bourse_credentials_init(bourse_credentials *credentials, uint32_t size) {
  return init_stamped(credentials, size);
}

int32_t bourse_options_init(bourse_options *options, uint32_t size) { return init_stamped(options, size); }

int32_t bourse_request_init(bourse_request *request, uint32_t size, int32_t operation) {
  if (size < offsetof(bourse_request, operation) + sizeof request->operation) return BOURSE_ERROR_ARGUMENT;
  int32_t code = init_stamped(request, size);
  if (code == BOURSE_OK) request->operation = operation;
  return code;
}
