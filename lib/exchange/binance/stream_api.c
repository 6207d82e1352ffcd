/* exchange/binance/stream_api.c - requests over the WebSocket API, all answers, and the tokens of private streams.
 *
 * A request of the WebSocket API is the REST request in another dress: the same parameters as one JSON object, the same
 * result or error inside an envelope. So what builds the one builds the other, and what reads the one reads the other. */
#include <string.h>

#include "exchange/binance/stream.h"

/* --- Signing --- */

/* Sent as JSON integers; everything else is text. */
static const char *const integers[] = {
    "timestamp",
    "recvWindow",
    "orderId",
    "orderListId",
    "cancelOrderId",
    "algoId",
    "goodTillDate",
    "trailingDelta",
    "workingTrailingDelta",
    "aboveTrailingDelta",
    "belowTrailingDelta",
    "pendingTrailingDelta",
    "pendingAboveTrailingDelta",
    "pendingBelowTrailingDelta",
    "strategyId",
    "strategyType",
    "pegOffsetValue",
    "modifyId",
};

static int32_t is_integer(const bourse_wire_param *param) {
  size_t digits = 0;
  while (digits < param->value_length && param->value[digits] >= '0' && param->value[digits] <= '9') digits++;
  if (digits == 0 || digits != param->value_length || digits > 18 || (param->value[0] == '0' && digits > 1)) return 0;
  for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++)
    if (strcmp(integers[i], param->name) == 0) return 1;
  return 0;
}

#define PARAMS_MAX 64

/* Parameters in the order of their names, which is the order in which they are signed. */
typedef struct param_list {
  bourse_wire_param items[PARAMS_MAX];
  uint32_t count;
} param_list;

static void insert(param_list *list, const bourse_wire_param *param) {
  uint32_t at = list->count++;
  for (; at > 0 && strcmp(list->items[at - 1].name, param->name) > 0; at--) list->items[at] = list->items[at - 1];
  list->items[at] = *param;
}

static void insert_text(param_list *list, const char *name, const char *value) {
  bourse_wire_param param = {.name = name, .value = value, .value_length = strlen(value)};
  insert(list, &param);
}

/* Signs "name=value&name=value", nothing percent-encoded, and writes {"name": value, ..., "signature": "..."}. */
static int32_t write_signed(bourse_signer *signer, bourse_arena *arena, const param_list *list, bourse_text *out) {
  bourse_text payload, signature;
  bourse_text_init(&payload, arena);
  bourse_text_init(&signature, arena);
  for (uint32_t i = 0; i < list->count; i++) {
    const bourse_wire_param *param = &list->items[i];
    if (i > 0) bourse_text_char(&payload, '&');
    bourse_text_string(&payload, param->name);
    bourse_text_char(&payload, '=');
    bourse_text_append(&payload, param->value, param->value_length);
    bourse_text_char(out, i == 0 ? '{' : ',');
    bourse_text_json(out, param->name, strlen(param->name));
    bourse_text_char(out, ':');
    if (param->json || is_integer(param))
      bourse_text_append(out, param->value, param->value_length);
    else
      bourse_text_json(out, param->value, param->value_length);
  }
  if (bourse_text_finish(&payload) == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse__binance_put_signature(signer, &payload, &signature);
  if (code != BOURSE_OK) return code;
  if (bourse_text_finish(&signature) == NULL) return BOURSE_ERROR_MEMORY;
  bourse_text_string(out, ",\"signature\":");
  bourse_text_json(out, signature.data, signature.length);
  bourse_text_char(out, '}');
  return out->failed ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

static const char *milliseconds(bourse_arena *arena, int64_t time_ns) {
  return bourse_arena_format(arena, "%lld", (long long)(time_ns / BINANCE_MILLISECOND));
}

int32_t bourse__binance_sign_message(bourse_call *call) {
  const bourse_wire *wire = &call->wire;
  const char *timestamp = milliseconds(call->arena, call->now_ns);
  const char *window = bourse_arena_format(call->arena, "%lld", (long long)call->receive_window_ms);
  param_list list = {.count = 0};
  bourse_text text;
  if (timestamp == NULL || window == NULL) return bourse_fail_memory(call);
  if (wire->param_count > PARAMS_MAX - 3)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "params", "%u parameters are more than a message may have",
                       wire->param_count);
  for (uint32_t i = 0; i < wire->param_count; i++) insert(&list, &wire->params[i]);
  if (bourse_get_param(call, "apiKey") == NULL) insert_text(&list, "apiKey", call->api_key);
  if (bourse_get_param(call, "timestamp") == NULL) insert_text(&list, "timestamp", timestamp);
  if (bourse_get_param(call, "recvWindow") == NULL) insert_text(&list, "recvWindow", window);
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, "{\"id\":");
  bourse_text_int(&text, call->message_id);
  bourse_text_string(&text, ",\"method\":");
  bourse_text_json(&text, wire->method, strlen(wire->method));
  bourse_text_string(&text, ",\"params\":");
  int32_t code = write_signed(call->signer, call->arena, &list, &text);
  if (code != BOURSE_OK) return bourse_fail(call, code, NULL, "the message could not be signed");
  bourse_text_char(&text, '}');
  return bourse_set_body(call, &text, NULL);
}

/* --- User data through the WebSocket API --- */

/* Ids of subscriptions are told from those of requests, which are bare numbers, by a letter. */
#define ON_LETTER  's'
#define OFF_LETTER 'u'

/* Any kind of key may subscribe by signing; margin has a token for it. One account is one subscription of the connection,
 * so ending all of them ends it. */
int32_t bourse__binance_subscribe_user(bourse_link *link, int32_t on, int64_t id, bourse_text *message) {
  int32_t by_token = (link->socket->flags & BOURSE_SOCKET_TOKEN) != 0, code = BOURSE_OK;
  const char *method = !on        ? "userDataStream.unsubscribe"
                       : by_token ? "userDataStream.subscribe.listenToken"
                                  : "userDataStream.subscribe.signature";
  bourse_text_string(message, "{\"id\":\"");
  bourse_text_char(message, on ? ON_LETTER : OFF_LETTER);
  bourse_text_int(message, id);
  bourse_text_string(message, "\",\"method\":\"");
  bourse_text_string(message, method);
  bourse_text_char(message, '"');
  if (on && by_token) {
    bourse_text_string(message, ",\"params\":{\"listenToken\":");
    bourse_text_json(message, link->token, strlen(link->token));
    bourse_text_char(message, '}');
  } else if (on) {
    const char *timestamp = milliseconds(link->arena, link->now_ns);
    param_list list = {.count = 0};
    if (timestamp == NULL) return BOURSE_ERROR_MEMORY;
    insert_text(&list, "apiKey", link->api_key);
    insert_text(&list, "timestamp", timestamp);
    bourse_text_string(message, ",\"params\":");
    code = write_signed(link->signer, link->arena, &list, message);
  }
  bourse_text_char(message, '}');
  return message->failed ? BOURSE_ERROR_MEMORY : code;
}

/* --- Answers --- */

typedef struct refusal {
  bourse_slice code;
  const char *message;
} refusal;

static const bourse_field refusal_fields[] = {
    BOURSE_FIELD("code", SLICE, refusal, code),
    BOURSE_FIELD("msg", STRING, refusal, message),
};
static const bourse_table refusal_table = BOURSE_TABLE(refusal_fields);

/* Digits of an id, behind a letter or not; 0: none of ours. */
static int64_t number_of(bourse_slice text) {
  int64_t number = 0;
  if (text.length == 0 || text.length > 18) return 0;
  for (size_t i = 0; i < text.length; i++) {
    if (text.data[i] < '0' || text.data[i] > '9') return 0;
    number = number * 10 + (text.data[i] - '0');
  }
  return number;
}

/* Our code for a refusal. Those of market streams are 0 to 3: the message was not understood. */
static int32_t code_of(const bourse_link *link, bourse_slice code, bourse_slice message, int32_t status) {
  int32_t negative = code.length > 0 && code.data[0] == '-';
  const bourse_slice digits = negative ? (bourse_slice){code.data + 1, code.length - 1} : code;
  const int64_t number = number_of(digits);
  if (status == 418) return BOURSE_ERROR_BANNED;
  if (status == 429) return BOURSE_ERROR_RATE_LIMITED;
  if (!negative) return BOURSE_ERROR_BAD_REQUEST;
  return bourse__binance_error_code(link->product != BOURSE_PRODUCT_SPOT, -number, message);
}

int32_t bourse__binance_answered(bourse_link *link, const bourse__binance_answer *answer) {
  const int32_t refused = answer->error.length > 0 || answer->code.length > 0;
  refusal why = {answer->code, NULL};
  bourse_slice id = answer->id, message = answer->message;
  bourse_ack ack = {.code = BOURSE_OK};
  if (answer->error.length > 0) {
    bourse_decoder decoder;
    bourse_link_decode(link, &decoder, answer->error.data, answer->error.length);
    bourse_decode_object(&decoder, &refusal_table, &why);
    int32_t code = bourse_link_decoded(link, &decoder);
    if (code != BOURSE_OK) return code;
    message = (bourse_slice){why.message, why.message == NULL ? 0 : strlen(why.message)};
  }
  const char letter = id.length > 0 ? id.data[0] : '\0';
  const int32_t subscribes = answer->status == 0 || letter == ON_LETTER || letter == OFF_LETTER;
  if (refused) ack.code = code_of(link, why.code, message, answer->status);
  if (letter == ON_LETTER && bourse_slice_is(why.code, "-2035")) ack.code = BOURSE_OK; /* it is subscribed already */
  if (refused && id.length == 0) { /* the session itself, or a message that could not be read */
    bourse_emit_error(link, ack.code, why.code, message);
    return BOURSE_OK;
  }
  if (!subscribes) {
    bourse_emit_reply(link, number_of(id), answer->status, refused ? answer->error : answer->result);
    return BOURSE_OK;
  }
  ack.off = letter == OFF_LETTER;
  if (letter == ON_LETTER || letter == OFF_LETTER) id = (bourse_slice){id.data + 1, id.length - 1};
  ack.id = number_of(id);
  ack.exchange_code = why.code;
  ack.exchange_message = message;
  bourse_emit_ack(link, &ack);
  return BOURSE_OK;
}

/* --- Tokens --- */

#define LISTEN_KEY_LIFE (3600 * BINANCE_SECOND)

/* An isolated account is named by its market. */
BUILD(listen_token) {
  if (bourse_call_for(call) != BOURSE_FOR_ISOLATED) return BOURSE_OK;
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  bourse_put(call, "isIsolated", "true");
  return BOURSE_OK;
}

/* Margin: a token and when it ends. Futures: a listen key, which lives for an hour from now on; the answer to extending
 * it may be empty. */
static const bourse_field token_fields[] = {
    BOURSE_FIELD("listenKey", STRING, bourse_receipt, id),
    BOURSE_FIELD("token", STRING, bourse_receipt, id),
    BOURSE_FIELD("expirationTime", TIME_MS, bourse_receipt, due_ns),
};
static const bourse_table token_table = BOURSE_TABLE(token_fields);

PARSE(stream_token) {
  bourse_receipt *receipt = bourse_append(call, BOURSE_KIND_RECEIPT);
  if (receipt == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse_read_object(call, reply, &token_table, receipt);
  if (code != BOURSE_OK) return code;
  if (receipt->id == NULL && call->operation == BOURSE_OP_EXTEND_STREAM_TOKEN) receipt->id = call->request->id;
  if (receipt->id == NULL || *receipt->id == '\0')
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, NULL, "the reply has no token");
  receipt->time_ns = call->now_ns;
  receipt->realization = BOURSE_NATIVE;
  if (receipt->due_ns == 0) receipt->due_ns = call->now_ns + LISTEN_KEY_LIFE;
  return BOURSE_OK;
}
