/* exchange/kucoin/stream_orders.c - orders as messages over a socket of their own: the bodies of REST, in an envelope. Who
 * connects is told by the URL, and shown by signing what the exchange sends first. */
#include <string.h>

#include "exchange/kucoin/stream.h"

int32_t bourse__kucoin_sign_message(bourse_call *call) {
  bourse_text text;
  const char *whole = bourse_get_param(call, KUCOIN_WHOLE_BODY);
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, "{\"id\":\"");
  bourse_text_int(&text, call->message_id);
  bourse_text_string(&text, "\",\"op\":\"");
  bourse_text_string(&text, call->endpoint->method);
  bourse_text_string(&text, "\",\"args\":");
  if (whole != NULL)
    bourse_text_string(&text, whole);
  else
    bourse_encode_json(call, &text);
  bourse_text_char(&text, '}');
  return bourse_set_body(call, &text, NULL);
}

static void add_param(bourse_text *url, const char *name, const char *value) {
  bourse_text_string(url, name);
  bourse_text_url(url, value, strlen(value));
}

int32_t bourse__kucoin_orders_url(bourse_link *link, bourse_text *url) {
  bourse_text text;
  int64_t now_ms = link->now_ns / KUCOIN_MILLISECOND;
  bourse_text_init(&text, link->arena);
  bourse_text_string(&text, link->api_key);
  bourse_text_int(&text, now_ms);
  if (bourse_text_finish(&text) == NULL) return BOURSE_ERROR_MEMORY;
  const char *sign = bourse__kucoin_sign_text(link->signer, link->arena, text.data, text.length);
  const char *passphrase = bourse__kucoin_sign_passphrase(link->signer, link->arena);
  if (sign == NULL || passphrase == NULL) return BOURSE_ERROR_CRYPTO;
  bourse_text_string(url, link->socket->path);
  add_param(url, "?apikey=", link->api_key);
  add_param(url, "&sign=", sign);
  add_param(url, "&passphrase=", passphrase);
  bourse_text_string(url, "&timestamp=");
  bourse_text_int(url, now_ms);
  return bourse_text_finish(url) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

typedef struct answer {
  bourse_slice id;
  bourse_slice op;
  bourse_slice code;
  bourse_slice text;
  bourse_slice data;
  bourse_slice session;
} answer;

static const bourse_field answer_fields[] = {
    BOURSE_FIELD("id", SLICE, answer, id),     BOURSE_FIELD("op", SLICE, answer, op),
    BOURSE_FIELD("code", SLICE, answer, code), BOURSE_FIELD("msg", SLICE, answer, text),
    BOURSE_FIELD("data", RAW, answer, data),   BOURSE_FIELD("sessionId", SLICE, answer, session),
};
static const bourse_table answer_table = BOURSE_TABLE(answer_fields);

/* What came is signed as it stands, and the signature alone is the answer. */
static int32_t answer_challenge(bourse_link *link, const char *bytes, size_t length) {
  const char *sign = link->signer == NULL ? NULL : bourse__kucoin_sign_text(link->signer, link->arena, bytes, length);
  if (sign == NULL) return link->lenient ? BOURSE_OK : bourse_link_unknown(link, "the challenge could not be signed");
  return bourse_link_send(link, sign, strlen(sign)) == BOURSE_ERROR_MEMORY ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

int32_t bourse__kucoin_receive_answer(bourse_link *link, const char *bytes, size_t length) {
  bourse_decoder decoder;
  answer a;
  memset(&a, 0, sizeof a);
  bourse_link_decode(link, &decoder, bytes, length);
  bourse_decode_object(&decoder, &answer_table, &a);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  if (bourse_slice_is(a.data, "\"welcome\"")) {
    bourse_emit_login(link, BOURSE_OK, a.code, a.text);
  } else if (a.session.length > 0) {
    return answer_challenge(link, bytes, length);
  } else if (bourse_slice_int(a.id) > 0 && a.op.length > 0) {
    if (!bourse_slice_is(a.op, "ping") && !bourse_slice_is(a.op, "pong"))
      bourse_emit_reply(link, bourse_slice_int(a.id), 200, (bourse_slice){bytes, length});
  } else if (a.code.length > 0 && !bourse_slice_is(a.code, "200000")) {
    code = bourse__kucoin_error_code(a.code, a.text);
    if (link->scratch[0] == 0)
      bourse_emit_login(link, code == BOURSE_ERROR_REFUSED ? BOURSE_ERROR_AUTH : code, a.code, a.text);
    else
      bourse_emit_error(link, code, a.code, a.text);
    return BOURSE_OK;
  } else if (!bourse_slice_is(a.op, "pong")) {
    return bourse_link_unknown(link, "neither a greeting nor an answer");
  }
  if (bourse_slice_is(a.data, "\"welcome\"")) link->scratch[0] = 1; /* logged in */
  return BOURSE_OK;
}
