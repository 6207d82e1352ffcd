/* exchange/kraken/rest.c - which endpoint serves an operation, signing, and what all spot requests and replies share. */
#include <string.h>

#include "exchange/kraken/kraken.h"

/* --- Routing --- */

/* A key is for spot or for futures, and a request signed with the wrong one could only be refused. */
static int32_t check_key(bourse_call *call, const bourse_endpoint *endpoint) {
  const bourse__kraken_state *state = call->state;
  int32_t futures = (endpoint->flags & BOURSE_ENDPOINT_SOCKET) == 0 && endpoint->host == KRAKEN_FUTURES;
  if (endpoint->security == BOURSE_SECURITY_PUBLIC || call->signer == NULL || futures == (state->futures_key > 0))
    return BOURSE_OK;
  return bourse_fail(
      call, BOURSE_ERROR_CREDENTIALS, NULL,
      "this handle's key is for Kraken %s; for this open another handle with product = %s and a key for %s",
      futures ? "spot" : "futures", futures ? "linear or inverse" : "spot", futures ? "futures" : "spot");
}

/* The counter of calls is larger and drains faster for accounts of the upper tiers. */
static void teach_limits(bourse_call *call) {
  const bourse__kraken_state *state = call->state;
  if (state->tier > 0) bourse_learn_limit(call, KRAKEN_CALLS, 20, (state->tier == 1 ? 40 : 20) * KRAKEN_SECOND);
}

static int32_t is_futures(const bourse_call *call) {
  const bourse__kraken_state *state = call->state;
  int32_t from = call->request->from_wallet;
  if (call->operation == BOURSE_OP_TRANSFER) /* what lies on futures is moved with their key */
    return from == BOURSE_WALLET_LINEAR || from == BOURSE_WALLET_INVERSE ||
           (state->futures_key > 0 && from != BOURSE_WALLET_SPOT);
  if (call->operation == BOURSE_OP_FETCH_MARKETS && call->product == 0) return call->step > 0;
  return bourse_is_futures(call);
}

/* Operation (where another's endpoints serve) and variant of the row wanted. */
static void choose(bourse_call *call, int32_t *operation, uint32_t *variant) {
  const bourse_request *request = call->request;
  int32_t second = bourse__kraken_second_part(call);
  switch (call->operation) {
    case BOURSE_OP_FETCH_TICKER:
    case BOURSE_OP_FETCH_BIDS_ASKS:
    case BOURSE_OP_FETCH_LAST_PRICES: *operation = BOURSE_OP_FETCH_TICKERS; break;
    case BOURSE_OP_CREATE_ORDER: *variant = call->order->test > 0 ? KRAKEN_TEST : KRAKEN_USUAL; break;
    case BOURSE_OP_CREATE_ORDERS: /* fall through */
    case BOURSE_OP_CANCEL_ORDERS:
      *variant = bourse__kraken_plan_step(call);
      if (*variant == KRAKEN_USUAL || *variant == KRAKEN_TEST) *operation = BOURSE_OP_CREATE_ORDER;
      break;
    case BOURSE_OP_CANCEL_ALL_ORDERS:
      if (request->symbol != NULL || request->trigger != 0)
        *variant = call->memory == NULL ? KRAKEN_FIRST : KRAKEN_BATCH;
      break;
    case BOURSE_OP_CLOSE_POSITION: *variant = call->memory == NULL ? KRAKEN_FIRST : KRAKEN_USUAL; break;
    case BOURSE_OP_FETCH_ORDER:
      if (request->client_order_id != NULL) *variant = second ? KRAKEN_CLOSED : KRAKEN_OPEN;
      break;
    case BOURSE_OP_FETCH_ORDERS: *variant = second ? KRAKEN_CLOSED : KRAKEN_OPEN; break;
    case BOURSE_OP_FETCH_CANCELED_ORDERS: *operation = BOURSE_OP_FETCH_CLOSED_ORDERS; break;
    case BOURSE_OP_FETCH_MY_TRADES:
      if (request->order_id == NULL) break; /* fall through */
    case BOURSE_OP_FETCH_ORDER_TRADES:
      *operation = BOURSE_OP_FETCH_ORDER_TRADES;
      *variant = second ? KRAKEN_USUAL : KRAKEN_FIRST;
      break;
    case BOURSE_OP_FETCH_BALANCE: *operation = BOURSE_OP_FETCH_BALANCES; /* fall through */
    case BOURSE_OP_FETCH_BALANCES:
      if (request->wallet == BOURSE_WALLET_CROSS || (request->wallet == 0 && call->margin_mode != 0))
        *variant = KRAKEN_SUMMARY;
      else if (((const bourse__kraken_state *)call->state)->totals > 0)
        *variant = KRAKEN_TOTALS;
      break;
    case BOURSE_OP_FETCH_POSITION: *operation = BOURSE_OP_FETCH_POSITIONS; break;
    case BOURSE_OP_FETCH_TRADING_FEE: *operation = BOURSE_OP_FETCH_TRADING_FEES; break;
    case BOURSE_OP_FETCH_LEDGER:
      if (request->id != NULL) *variant = KRAKEN_ONE;
      break;
    case BOURSE_OP_FETCH_TRANSFERS: *operation = BOURSE_OP_FETCH_LEDGER; break;
    case BOURSE_OP_CREATE_DEPOSIT_ADDRESS:
    case BOURSE_OP_FETCH_DEPOSIT_ADDRESS:
    case BOURSE_OP_FETCH_DEPOSIT_ADDRESSES:
      if (bourse__kraken_wants_methods(call)) {
        *operation = BOURSE_OP_FETCH_DEPOSIT_ADDRESS;
        *variant = KRAKEN_METHODS;
      } else if (call->operation == BOURSE_OP_FETCH_DEPOSIT_ADDRESSES) {
        *operation = BOURSE_OP_FETCH_DEPOSIT_ADDRESS;
      }
      break;
    default: break;
  }
}

static const bourse_endpoint *spot_endpoint(bourse_call *call) {
  int32_t operation = call->operation;
  uint32_t variant = KRAKEN_USUAL;
  choose(call, &operation, &variant);
  teach_limits(call);
  const bourse_endpoint *message = bourse__kraken_message_route(call, operation, variant);
  if (message != NULL) return message;
  return bourse_find_endpoint(call->adapter, operation, BOURSE_FOR_SPOT | BOURSE_FOR_CROSS, variant);
}

const bourse_endpoint *bourse__kraken_route(bourse_call *call) {
  const bourse_endpoint *endpoint = is_futures(call) ? bourse__kraken_futures_route(call) : spot_endpoint(call);
  return endpoint == NULL || check_key(call, endpoint) != BOURSE_OK ? NULL : endpoint;
}

/* --- Signing --- */

/* HMAC-SHA512 of the path and SHA256(nonce, body). The nonce is in the body too. */
static int32_t put_signature(bourse_call *call, const char *nonce, const bourse_text *body) {
  bourse_text text;
  uint8_t digest[32], signature[BOURSE_SIGNATURE_SIZE_MAX];
  size_t length = 0;
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, nonce);
  bourse_text_append(&text, body->data, body->length);
  if (bourse_text_finish(&text) == NULL) return bourse_fail_memory(call);
  bourse_sha256(digest, text.data, text.length);
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, call->wire.path);
  bourse_text_append(&text, (const char *)digest, sizeof digest);
  if (bourse_text_finish(&text) == NULL) return bourse_fail_memory(call);
  int32_t code =
      bourse_sign(call->signer, BOURSE_SIGN_HMAC_SHA512, text.data, text.length, signature, sizeof signature, &length);
  if (code != BOURSE_OK) return bourse_fail(call, code, NULL, "the request could not be signed");
  bourse_text_init(&text, call->arena);
  bourse_text_base64(&text, signature, length);
  if (bourse_text_finish(&text) == NULL) return bourse_fail_memory(call);
  bourse_put_header(call, "API-Key", call->api_key);
  bourse_put_header(call, "API-Sign", text.data);
  return BOURSE_OK;
}

/* Lists want a JSON body, and so do prices in percent: in a form the exchange calls them invalid. Everything else goes as a
 * form. */
static int32_t wants_json(const bourse_call *call) {
  for (uint32_t i = 0; i < call->wire.param_count; i++) {
    const bourse_wire_param *param = &call->wire.params[i];
    if (param->value_length == 0) continue;
    if (param->json && strchr("[{", param->value[0]) != NULL) return 1;
    if (strncmp(param->name, "price", 5) == 0 && param->value[param->value_length - 1] == '%') return 1;
  }
  return 0;
}

static int32_t sign_private(bourse_call *call) {
  bourse_text body;
  int32_t json = wants_json(call);
  if (bourse_get_param(call, "nonce") == NULL) bourse_put_int(call, "nonce", (int64_t)call->nonce);
  const char *nonce = bourse_get_param(call, "nonce");
  if (nonce == NULL) return BOURSE_ERROR_MEMORY;
  bourse_text_init(&body, call->arena);
  if (json)
    bourse_encode_json(call, &body);
  else
    bourse_encode_params(call, &body);
  int32_t code = bourse_set_body(call, &body, json ? "application/json" : "application/x-www-form-urlencoded");
  return code == BOURSE_OK ? put_signature(call, nonce, &body) : code;
}

int32_t bourse__kraken_sign(bourse_call *call) {
  if (check_key(call, call->endpoint) != BOURSE_OK) return BOURSE_ERROR_CREDENTIALS;
  if (bourse__kraken_is_message(call)) return bourse__kraken_sign_message(call);
  if (call->wire.host == KRAKEN_FUTURES) return bourse__kraken_futures_sign(call);
  if (call->endpoint->security != BOURSE_SECURITY_PUBLIC) return sign_private(call);
  bourse_text text;
  bourse_text_init(&text, call->arena);
  bourse_encode_params(call, &text);
  return text.length == 0 && !text.failed ? BOURSE_OK : bourse_set_query(call, &text);
}

/* --- Reading --- */

typedef struct envelope {
  bourse_slice errors;
  bourse_slice result;
} envelope;

static const bourse_field envelope_fields[] = {
    BOURSE_FIELD("error", RAW, envelope, errors),
    BOURSE_FIELD("result", RAW, envelope, result),
};
static const bourse_table envelope_table = BOURSE_TABLE(envelope_fields);

int32_t bourse__kraken_open_envelope(bourse_call *call, const bourse_http_reply *reply, bourse_slice *errors,
                                     bourse_slice *result) {
  bourse_decoder decoder;
  envelope wire = {{NULL, 0}, {NULL, 0}};
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, &envelope_table, &wire);
  *errors = wire.errors;
  *result = wire.result;
  return bourse_decode_finish(&decoder) == BOURSE_OK;
}

int32_t bourse__kraken_unwrap(bourse_call *call, const bourse_http_reply *reply, bourse_http_reply *result) {
  bourse_decoder decoder;
  envelope wire = {{NULL, 0}, {NULL, 0}};
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, &envelope_table, &wire);
  int32_t code = bourse_decode_end(call, &decoder);
  if (code == BOURSE_OK && wire.errors.data != NULL) code = bourse__kraken_refused(call, wire.errors);
  if (code != BOURSE_OK) return code;
  *result = *reply;
  if (wire.result.data == NULL && bourse__kraken_is_message(call)) return BOURSE_OK; /* some answers are flat */
  if (wire.result.data == NULL)
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "result", "the reply to %s has neither a result nor an error",
                       bourse_operation_name(call->operation));
  result->body = wire.result.data;
  result->body_length = wire.result.length;
  return BOURSE_OK;
}

int32_t bourse__kraken_object(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table, void *out) {
  bourse_http_reply result;
  int32_t code = bourse__kraken_unwrap(call, reply, &result);
  return code == BOURSE_OK ? bourse_read_object(call, &result, table, out) : code;
}

int32_t bourse__kraken_map(bourse_call *call, const bourse_http_reply *reply, bourse_entry_function entry) {
  bourse_decoder decoder;
  bourse_http_reply result;
  int32_t code = bourse__kraken_unwrap(call, reply, &result);
  if (code != BOURSE_OK) return code;
  bourse_decode_reply(call, &decoder, &result);
  code = bourse_read_map(call, &decoder, "result", entry);
  code = bourse_read_end(call, &decoder, code);
  return code == BOURSE_OK ? bourse_read_found(call) : code;
}

int32_t bourse__kraken_rows(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  bourse_decoder decoder;
  bourse_http_reply result;
  int32_t code = bourse__kraken_unwrap(call, reply, &result);
  if (code != BOURSE_OK) return code;
  bourse_decode_reply(call, &decoder, &result);
  code = bourse_read_array(call, &decoder, "result", row);
  return bourse_read_end(call, &decoder, code);
}
