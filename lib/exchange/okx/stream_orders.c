/* exchange/okx/stream_orders.c - orders as messages over the account's socket. Requests are built as those of REST are, but
 * that markets go by their numbers: {"id": "1", "op": "order", "args": [{...}]}. */
#include <string.h>

#include "exchange/okx/stream.h"

int32_t bourse__okx_sign_message(bourse_call *call) {
  const bourse_wire *wire = &call->wire;
  const bourse_wire_param *list = NULL;
  bourse_text text;
  for (uint32_t i = 0; i < wire->param_count; i++)
    if (strcmp(wire->params[i].name, OKX_LIST) == 0) list = &wire->params[i];
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, "{\"id\":\"");
  bourse_text_int(&text, call->message_id);
  bourse_text_string(&text, "\",\"op\":\"");
  bourse_text_string(&text, call->endpoint->method);
  bourse_text_char(&text, '"');
  if (call->bounded > 0) {
    bourse_text_string(&text, ",\"expTime\":\"");
    bourse_text_int(&text, call->now_ns / OKX_MILLISECOND + call->receive_window_ms);
    bourse_text_char(&text, '"');
  }
  bourse_text_string(&text, ",\"args\":");
  if (list != NULL) {
    bourse_text_append(&text, list->value, list->value_length);
  } else {
    bourse_text_char(&text, '[');
    bourse_encode_json(call, &text);
    bourse_text_char(&text, ']');
  }
  bourse_text_char(&text, '}');
  return bourse_set_body(call, &text, NULL);
}
