/* exchange/kraken/futures_errors.c - error texts of the Derivatives API, and the words for orders that were not taken. */
#include <string.h>

#include "exchange/kraken/futures.h"

/* {"result": "error", "error": "apiLimitExceeded"}, and {"errors": [{"code": 92, "message": "INSUFFICIENT_MARGIN"}]} of
 * newer endpoints. The first row that a text begins with counts. */
static const struct {
  const char *text;
  int32_t error;
} texts[] = {
    {"authenticationError", BOURSE_ERROR_AUTH},
    {"Not authorized", BOURSE_ERROR_PERMISSION},
    {"accountInactive", BOURSE_ERROR_PERMISSION}, /* never traded, or disabled */
    {"Forbidden", BOURSE_ERROR_PERMISSION},
    {"Unauthorized", BOURSE_ERROR_AUTH},
    {"nonce", BOURSE_ERROR_TIMESTAMP},
    {"apiLimitExceeded", BOURSE_ERROR_RATE_LIMITED},
    {"Too many requests", BOURSE_ERROR_RATE_LIMITED},
    {"insufficient", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"requiredArgumentMissing", BOURSE_ERROR_BAD_REQUEST},
    {"invalid", BOURSE_ERROR_BAD_REQUEST}, /* arguments, units, amounts, accounts */
    {"Json Parse Error", BOURSE_ERROR_BAD_REQUEST},
    {"Bad Request", BOURSE_ERROR_BAD_REQUEST},
    {"marketUnavailable", BOURSE_ERROR_UNAVAILABLE},
    {"Unavailable", BOURSE_ERROR_UNAVAILABLE},
    {"Server Error", BOURSE_ERROR_UNAVAILABLE},
    {"unknownError", BOURSE_ERROR_UNAVAILABLE},
    {"contractNotFound", BOURSE_ERROR_BAD_SYMBOL},
};

/* What replaces "placed" when an order was not taken. */
static const bourse_name refusals[] = {
    {"insufficientAvailableFunds", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"wouldCauseLiquidation", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"fixedLeverageTooHigh", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"marketSuspended", BOURSE_ERROR_MARKET_CLOSED},
    {"marketInactive", BOURSE_ERROR_MARKET_CLOSED},
    {"marketIsPostOnly", BOURSE_ERROR_MARKET_CLOSED},
    {"marketNotFound", BOURSE_ERROR_BAD_SYMBOL},
    {"invalidPrice", BOURSE_ERROR_INVALID_ORDER},
    {"invalidSize", BOURSE_ERROR_INVALID_ORDER},
    {"invalidOrderType", BOURSE_ERROR_INVALID_ORDER},
    {"invalidSide", BOURSE_ERROR_INVALID_ORDER},
    {"outsidePriceCollar", BOURSE_ERROR_INVALID_ORDER},
    {"wouldIncreasePriceDislocation", BOURSE_ERROR_INVALID_ORDER},
    {"selfFill", BOURSE_ERROR_INVALID_ORDER},
    {"wouldExecuteSelf", BOURSE_ERROR_INVALID_ORDER},
    {"orderForEditNotAStop", BOURSE_ERROR_INVALID_ORDER},
    {"wouldNotReducePosition", BOURSE_ERROR_REDUCE_ONLY},
    {"maxPositionViolation", BOURSE_ERROR_POSITION},
    {"postWouldExecute", BOURSE_ERROR_POST_ONLY},
    {"iocWouldNotExecute", BOURSE_ERROR_UNFILLED},
    {"fokWouldNotExecute", BOURSE_ERROR_UNFILLED},
    {"clientOrderIdAlreadyExist", BOURSE_ERROR_DUPLICATE_ORDER},
    {"clientOrderIdTooBig", BOURSE_ERROR_BAD_REQUEST},
    {"clientOrderIdTooLong", BOURSE_ERROR_BAD_REQUEST},
    {"invalidClientOrderId", BOURSE_ERROR_BAD_REQUEST},
    {"tooManyOrders", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"tooManySmallOrders", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"notFound", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"orderForEditNotFound", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"wouldProcessAfterSpecifiedTime", BOURSE_ERROR_REFUSED}, /* came too late, and was not placed */
    {NULL, 0},
};

int32_t bourse__kraken_futures_status_code(bourse_slice status) { return bourse_name_value(refusals, status); }

static int32_t is_about_orders(int32_t operation) {
  return operation >= BOURSE_OP_CREATE_ORDER && operation <= BOURSE_OP_FETCH_MY_LIQUIDATIONS;
}

static int32_t code_of(int32_t operation, bourse_slice text) {
  int32_t code = bourse__kraken_futures_status_code(text);
  if (code == BOURSE_ERROR_ORDER_NOT_FOUND && !is_about_orders(operation)) return BOURSE_ERROR_NOT_FOUND;
  if (code != 0) return code;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    if (bourse_slice_begins(text, texts[i].text)) return texts[i].error;
  return BOURSE_ERROR_REFUSED;
}

/* --- Replies --- */

typedef struct envelope {
  bourse_slice result;
  bourse_slice error;
  bourse_slice errors;
} envelope;

static const bourse_field envelope_fields[] = {
    BOURSE_FIELD("result", RAW, envelope, result),
    BOURSE_FIELD("error", RAW, envelope, error),
    BOURSE_FIELD("errors", RAW, envelope, errors),
};
static const bourse_table envelope_table = BOURSE_TABLE(envelope_fields);

typedef struct failure {
  const char *code;
  const char *message;
} failure;

static const bourse_field failure_fields[] = {
    BOURSE_FIELD("code", ID, failure, code),
    BOURSE_FIELD("message", STRING, failure, message),
};
static const bourse_table failure_table = BOURSE_TABLE(failure_fields);

static int32_t is_text(bourse_slice raw) { return raw.length > 1 && raw.data[0] == '"'; }

/* The first of a list of texts or {code, message}. */
static int32_t read_errors(bourse_call *call, bourse_slice raw, failure *out) {
  bourse_decoder decoder;
  bourse_decode_init(&decoder, call->arena, raw.data, raw.length, call);
  if (bourse_decode_array_begin(&decoder, "errors") != BOURSE_OK || !bourse_decode_array_next(&decoder)) return 0;
  if (bourse_json_kind(&decoder.json) == BOURSE_JSON_STRING)
    bourse_decode_value(&decoder, BOURSE_AS_STRING, NULL, "errors", &out->message);
  else
    bourse_decode_object(&decoder, &failure_table, out);
  return decoder.error == BOURSE_OK;
}

/* A text of theirs is its own code, but a sentence is none. */
#define CODE_MAX 40

/* After the first of several requests, what refuses one is told in the records of its orders. */
static int32_t refuse(bourse_call *call, const failure *why) {
  bourse_slice message = bourse_slice_of(why->message), code = why->code != NULL ? bourse_slice_of(why->code) : message;
  if (code.length > CODE_MAX) code = (bourse_slice){"", 0};
  int32_t error = code_of(call->operation, message.length > 0 ? message : code);
  return bourse_refuse(call, error, code, message, 1);
}

/* 0: the reply tells of no error, or is none that can be read. */
static int32_t find_refusal(bourse_call *call, const bourse_http_reply *reply) {
  bourse_decoder decoder;
  envelope wire = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
  failure why = {NULL, NULL};
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, &envelope_table, &wire);
  if (bourse_decode_finish(&decoder) != BOURSE_OK) return 0;
  if (is_text(wire.error) && wire.error.length > 2) {
    bourse_decoder text;
    bourse_decode_init(&text, call->arena, wire.error.data, wire.error.length, call);
    bourse_decode_value(&text, BOURSE_AS_STRING, NULL, "error", &why.message);
    return refuse(call, &why);
  }
  if (wire.errors.data != NULL && read_errors(call, wire.errors, &why)) return refuse(call, &why);
  if (!bourse_slice_is(wire.result, "\"error\"")) return 0;
  why.message = "error";
  return refuse(call, &why);
}

int32_t bourse__kraken_futures_open(bourse_call *call, const bourse_http_reply *reply) {
  return find_refusal(call, reply);
}

/* With a status of 400 and more. The edge before the exchange answers pages; what it sends away with 403 is shut out. */
int32_t bourse__kraken_futures_error(bourse_call *call, const bourse_http_reply *reply) {
  int32_t code = find_refusal(call, reply);
  if (code != 0 || reply->http_status != 403) return code;
  return bourse_fail_exchange(call, BOURSE_ERROR_BANNED, (bourse_slice){"", 0},
                              (bourse_slice){reply->body, reply->body_length < 160 ? reply->body_length : 160});
}
