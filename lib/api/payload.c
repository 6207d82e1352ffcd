/* api/payload.c - what requests of many exchanges look like: paths, ranges, payloads, signatures. The contract is
 * bourse/sys/adapter.h. */
#include <string.h>

#include "api/api.h"

/* --- Parameters --- */

int32_t bourse_set_path(bourse_call *call, const char *first, const char *second, const char *third) {
  const char *values[] = {first, second, third}, *at = call->endpoint->path;
  bourse_text text;
  uint32_t index = 0;
  bourse_text_init(&text, call->arena);
  for (; *at != '\0'; at++) {
    const char *end = *at == '{' ? strchr(at, '}') : NULL;
    if (end == NULL) {
      bourse_text_char(&text, *at);
      continue;
    }
    const char *value = index < 3 ? values[index] : NULL;
    index++;
    if (value != NULL) bourse_text_url(&text, value, strlen(value));
    at = end;
  }
  call->wire.path = bourse_text_finish(&text);
  return call->wire.path != NULL ? BOURSE_OK : bourse_fail_memory(call);
}

void bourse_put_range(bourse_call *call, const char *since, const char *until, const char *limit) {
  if (since != NULL) bourse_put_ms(call, since, call->since_ns);
  if (until != NULL) bourse_put_ms(call, until, call->until_ns);
  if (limit != NULL) bourse_put_uint(call, limit, call->limit);
}

static void append_object(bourse_text *text, const bourse_wire *wire, uint32_t from) {
  bourse_text_char(text, '{');
  for (uint32_t i = from; i < wire->param_count; i++) {
    const bourse_wire_param *param = &wire->params[i];
    if (i > from) bourse_text_char(text, ',');
    bourse_text_json(text, param->name, strlen(param->name));
    bourse_text_char(text, ':');
    if (param->json)
      bourse_text_append(text, param->value, param->value_length);
    else
      bourse_text_json(text, param->value, param->value_length);
  }
  bourse_text_char(text, '}');
}

void bourse_encode_json(bourse_call *call, bourse_text *text) { append_object(text, &call->wire, 0); }

void bourse_fold_params(bourse_call *call, bourse_text *text, uint32_t mark) {
  append_object(text, &call->wire, mark);
  call->wire.param_count = mark;
}

int32_t bourse_put_text(bourse_call *call, const char *name, bourse_text *text) {
  const char *json = bourse_text_finish(text);
  if (json == NULL) return bourse_fail_memory(call);
  bourse_put_json(call, name, json);
  return BOURSE_OK;
}

/* --- Payload and signature --- */

int32_t bourse_set_payload(bourse_call *call) {
  bourse_text text;
  int32_t in_query = strcmp(call->wire.method, "GET") == 0 || strcmp(call->wire.method, "DELETE") == 0;
  if (call->wire.param_count == 0) return BOURSE_OK;
  bourse_text_init(&text, call->arena);
  if (in_query)
    bourse_encode_params(call, &text);
  else
    bourse_encode_json(call, &text);
  return in_query ? bourse_set_query(call, &text) : bourse_set_body(call, &text, "application/json");
}

void bourse_append_target(const bourse_call *call, bourse_text *text) {
  bourse_text_string(text, call->wire.path);
  if (call->wire.query == NULL || call->wire.query[0] == '\0') return;
  bourse_text_char(text, '?');
  bourse_text_string(text, call->wire.query);
}

const char *bourse_signature(bourse_call *call, int32_t scheme, const bourse_text *payload, int32_t encoding) {
  uint8_t signature[BOURSE_SIGNATURE_SIZE_MAX];
  size_t length = 0;
  bourse_text text;
  int32_t code = payload->failed ? BOURSE_ERROR_MEMORY
                                 : bourse_sign(call->signer, scheme, payload->data == NULL ? "" : payload->data,
                                               payload->length, signature, sizeof signature, &length);
  if (code != BOURSE_OK) {
    if (code == BOURSE_ERROR_MEMORY)
      bourse_fail_memory(call);
    else
      bourse_fail(call, code, NULL, "the request could not be signed");
    return NULL;
  }
  bourse_text_init(&text, call->arena);
  if (encoding == BOURSE_BASE64)
    bourse_text_base64(&text, signature, length);
  else
    bourse_text_hex(&text, signature, length);
  const char *out = bourse_text_finish(&text);
  if (out == NULL) bourse_fail_memory(call);
  return out;
}
