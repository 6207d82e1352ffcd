/* exchange/bybit/stream_orders.c - orders as messages over a socket: the bodies of REST, in an envelope. The login vouches for
 * them; they carry the time they were sent and how long they are good for. */
#include <string.h>

#include "exchange/bybit/stream.h"

/* Demo trading has no such socket. */
int32_t bourse__bybit_takes_messages(const bourse_call *call) {
  const bourse__bybit_state *state = call->state;
  return call->order_transport == BOURSE_TRANSPORT_SOCKET && state->environment != BOURSE_DEMO;
}

int32_t bourse__bybit_sign_message(bourse_call *call) {
  bourse_text text;
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, "{\"reqId\":\"");
  bourse_text_int(&text, call->message_id);
  bourse_text_string(&text, "\",\"header\":{\"X-BAPI-TIMESTAMP\":\"");
  bourse_text_int(&text, call->now_ns / BYBIT_MILLISECOND);
  bourse_text_string(&text, "\",\"X-BAPI-RECV-WINDOW\":\"");
  bourse_text_int(&text, call->receive_window_ms);
  bourse_text_string(&text, "\"},\"op\":\"");
  bourse_text_string(&text, call->endpoint->method);
  bourse_text_string(&text, "\",\"args\":[");
  bourse_encode_json(call, &text);
  bourse_text_string(&text, "]}");
  return bourse_set_body(call, &text, NULL);
}
