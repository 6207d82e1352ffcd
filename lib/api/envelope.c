/* api/envelope.c - replies that carry a code beside their data, and refusals. The contract is bourse/sys/adapter.h. */
#include <string.h>

#include "api/api.h"

typedef struct envelope {
  bourse_slice code;
  const char *message;
  bourse_slice data;
} envelope;

static void read_envelope(bourse_decoder *decoder, const bourse_envelope *shape, envelope *out) {
  const bourse_field fields[] = {
      {shape->code, (uint16_t)strlen(shape->code), offsetof(envelope, code), BOURSE_AS_SLICE, 0, NULL, NULL, NULL},
      {shape->data, (uint16_t)strlen(shape->data), offsetof(envelope, data), BOURSE_AS_RAW, 0, NULL, NULL, NULL},
      {shape->message, shape->message == NULL ? 0 : (uint16_t)strlen(shape->message), offsetof(envelope, message),
       BOURSE_AS_STRING, 0, NULL, NULL, NULL},
  };
  const bourse_table table = {fields, shape->message == NULL ? 2 : 3};
  *out = (envelope){{NULL, 0}, NULL, {NULL, 0}};
  bourse_decode_object(decoder, &table, out);
}

static int32_t refused_with(bourse_call *call, const envelope *wire, bourse_refused_function refused) {
  bourse_slice data = wire->data.data == NULL ? bourse_slice_of(NULL) : wire->data;
  return refused(call, wire->code, bourse_slice_of(wire->message), data);
}

int32_t bourse_unwrap(bourse_call *call, const bourse_http_reply *reply, const bourse_envelope *shape,
                      bourse_refused_function refused, bourse_http_reply *inner) {
  bourse_decoder decoder;
  envelope wire;
  bourse_decode_reply(call, &decoder, reply);
  read_envelope(&decoder, shape, &wire);
  int32_t code = bourse_decode_end(call, &decoder);
  if (code != BOURSE_OK) return code;
  if (wire.code.length == 0)
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, shape->code, "the reply to %s has no %s",
                       bourse_operation_name(call->operation), shape->code);
  if (!bourse_slice_is(wire.code, shape->ok)) return refused_with(call, &wire, refused);
  *inner = *reply;
  inner->body = wire.data.data == NULL ? "null" : wire.data.data;
  inner->body_length = wire.data.data == NULL ? 4 : wire.data.length;
  return BOURSE_OK;
}

int32_t bourse_unwrap_error(bourse_call *call, const bourse_http_reply *reply, const bourse_envelope *shape,
                            bourse_refused_function refused) {
  bourse_decoder decoder;
  envelope wire;
  bourse_decode_reply(call, &decoder, reply);
  read_envelope(&decoder, shape, &wire);
  if (bourse_decode_finish(&decoder) != BOURSE_OK || wire.code.length == 0 || bourse_slice_is(wire.code, shape->ok))
    return 0;
  return refused_with(call, &wire, refused);
}

/* --- Refusals --- */

int32_t bourse_refusal_outcome(int32_t code) {
  return code == BOURSE_ERROR_FATE_UNKNOWN || code == BOURSE_ERROR_UNAVAILABLE ? BOURSE_OUTCOME_UNKNOWN
                                                                               : BOURSE_OUTCOME_REJECTED;
}

/* What refuses the first request of several, and not for a reason of that item's own, refuses the operation. */
int32_t bourse_refuse(bourse_call *call, int32_t code, bourse_slice exchange_code, bourse_slice message,
                      int32_t together) {
  int32_t alone = !together && bourse_is_items_own(code);
  if (bourse_is_item(call) && (alone || call->scratch[0] > 0))
    return bourse_fail_items(call, code, bourse_refusal_outcome(code), exchange_code, message);
  return bourse_fail_exchange(call, code, exchange_code, message);
}
