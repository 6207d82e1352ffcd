/* exchange/coinbase/errors.c - their codes and ours. A refusal has one of several forms: an order's own reason, the reason of a
 * gateway, a list of the older API, or a bare text. */
#include <string.h>

#include "exchange/coinbase/coinbase.h"

static const bourse_error_row codes[] = {
    {"INSUFFICIENT_FUND", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"INSUFFICIENT_FUNDS", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"PREVIEW_INSUFFICIENT_FUND", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"PREVIEW_INSUFFICIENT_FUNDS_FOR_FUTURES", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"REJECT_REASON_INSUFFICIENT_FUNDS", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"HOLD_FAILURE", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"INVALID_LEDGER_BALANCE", BOURSE_ERROR_INSUFFICIENT_FUNDS},

    {"INVALID_PRODUCT_ID", BOURSE_ERROR_BAD_SYMBOL},
    {"PREVIEW_INVALID_PRODUCT_ID", BOURSE_ERROR_BAD_SYMBOL},
    {"INELIGIBLE_PAIR", BOURSE_ERROR_BAD_SYMBOL},
    {"UNTRADABLE_PRODUCT", BOURSE_ERROR_MARKET_CLOSED},

    {"INVALID_LIMIT_PRICE_POST_ONLY", BOURSE_ERROR_POST_ONLY},
    {"PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY", BOURSE_ERROR_POST_ONLY},
    {"INVALID_NO_LIQUIDITY", BOURSE_ERROR_NO_LIQUIDITY},
    {"INVALID_LEVERAGE", BOURSE_ERROR_POSITION},
    {"INVALID_MARGIN_TYPE", BOURSE_ERROR_POSITION},
    {"INVALID_REQUEST", BOURSE_ERROR_INVALID_ORDER},
    {"INVALID_SIDE", BOURSE_ERROR_INVALID_ORDER},
    {"INVALID_SIZE_PRECISION", BOURSE_ERROR_INVALID_ORDER},
    {"INVALID_PRICE_PRECISION", BOURSE_ERROR_INVALID_ORDER},
    {"INVALID_LIMIT_PRICE", BOURSE_ERROR_INVALID_ORDER},
    {"LIMIT_PRICE_TOO_FAR_FROM_MARKET", BOURSE_ERROR_INVALID_ORDER},
    {"UNSUPPORTED_ORDER_CONFIGURATION", BOURSE_ERROR_INVALID_ORDER},
    {"END_TIME_TOO_FAR_IN_FUTURE", BOURSE_ERROR_INVALID_ORDER},
    {"FOK_DISABLED", BOURSE_ERROR_INVALID_ORDER},
    {"FOK_ONLY_ALLOWED_ON_LIMIT_ORDERS", BOURSE_ERROR_INVALID_ORDER},
    {"POST_ONLY_NOT_ALLOWED_WITH_FOK", BOURSE_ERROR_INVALID_ORDER},
    {"COMMANDER_REJECTED_NEW_ORDER", BOURSE_ERROR_REFUSED},
    {"TOO_MANY_OPEN_ORDERS", BOURSE_ERROR_TOO_MANY_ORDERS},

    {"ORDER_ENTRY_DISABLED", BOURSE_ERROR_MARKET_CLOSED},
    {"INVALID_FCM_TRADING_SESSION", BOURSE_ERROR_MARKET_CLOSED},
    {"INVALID_CANCEL_FCM_TRADING_SESSION", BOURSE_ERROR_MARKET_CLOSED},
    {"GEOFENCING_RESTRICTION", BOURSE_ERROR_LOCATION},
    {"IN_LIQUIDATION", BOURSE_ERROR_PERMISSION},

    {"UNKNOWN_CANCEL_ORDER", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"ORDER_IS_FULLY_FILLED", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"ORDER_NOT_FOUND", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"ONLY_OPEN_ORDERS_CAN_BE_EDITED", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"DUPLICATE_CANCEL_REQUEST", BOURSE_ERROR_NO_CHANGE},
    {"ORDER_IS_BEING_REPLACED", BOURSE_ERROR_OVERLOADED},
    {"ORDER_IS_ALREADY_BEING_REPLACED", BOURSE_ERROR_OVERLOADED},
    {"INVALID_CANCEL_REQUEST", BOURSE_ERROR_BAD_REQUEST},
    {"INVALID_CANCEL_PRODUCT_ID", BOURSE_ERROR_BAD_REQUEST},
    {"NOT_ALLOWED_TO_CANCEL", BOURSE_ERROR_PERMISSION},
    {"COMMANDER_REJECTED_CANCEL_ORDER", BOURSE_ERROR_REFUSED},
    {"EDIT_REQUEST_EQUAL_TO_ORIGINAL_REQUEST", BOURSE_ERROR_NO_CHANGE},
    {"CANNOT_EDIT_TO_BELOW_FILLED_SIZE", BOURSE_ERROR_INVALID_ORDER},
    {"INVALID_EDITED_SIZE", BOURSE_ERROR_INVALID_ORDER},
    {"INVALID_EDITED_PRICE", BOURSE_ERROR_INVALID_ORDER},
    {"ONLY_LIMIT_ORDER_EDITS_SUPPORTED", BOURSE_ERROR_INVALID_ORDER},
    {"SIZE_IN_QUOTE_EDITS_NOT_ALLOWED", BOURSE_ERROR_INVALID_ORDER},
    {"CALLER_ID_MISMATCH", BOURSE_ERROR_INVALID_ORDER},

    {"INVALID_ARGUMENT", BOURSE_ERROR_BAD_REQUEST},
    {"unknown", BOURSE_ERROR_BAD_REQUEST},
    {"NOT_FOUND", BOURSE_ERROR_NOT_FOUND},
    {"UNAUTHENTICATED", BOURSE_ERROR_AUTH},
    {"PERMISSION_DENIED", BOURSE_ERROR_PERMISSION},
    {"INTERNAL", BOURSE_ERROR_UNAVAILABLE},
    {"UNAVAILABLE", BOURSE_ERROR_UNAVAILABLE},
    {"RESOURCE_EXHAUSTED", BOURSE_ERROR_RATE_LIMITED},
    {"RATE_LIMIT_EXCEEDED", BOURSE_ERROR_RATE_LIMITED},
    {"rate_limit_exceeded", BOURSE_ERROR_RATE_LIMITED},
    {"resource_exhausted", BOURSE_ERROR_RATE_LIMITED},

    {"authentication_error", BOURSE_ERROR_AUTH},
    {"invalid_token", BOURSE_ERROR_AUTH},
    {"revoked_token", BOURSE_ERROR_AUTH},
    {"expired_token", BOURSE_ERROR_TIMESTAMP},
    {"unauthorized", BOURSE_ERROR_AUTH},
    {"invalid_scope", BOURSE_ERROR_PERMISSION},
    {"two_factor_required", BOURSE_ERROR_PERMISSION},
    {"personal_details_required", BOURSE_ERROR_PERMISSION},
    {"identity_verification_required", BOURSE_ERROR_PERMISSION},
    {"not_found", BOURSE_ERROR_NOT_FOUND},
    {"param_required", BOURSE_ERROR_BAD_REQUEST},
    {"validation_error", BOURSE_ERROR_BAD_REQUEST},
    {"invalid_request", BOURSE_ERROR_BAD_REQUEST},
    {"internal_server_error", BOURSE_ERROR_UNAVAILABLE},
};

/* Families of codes, by their beginnings. */
static const bourse_error_row beginnings[] = {
    {"PREVIEW_INSUFFICIENT_FUND", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"PREVIEW_STOP_PRICE_", BOURSE_ERROR_WOULD_TRIGGER},
    {"PREVIEW_", BOURSE_ERROR_INVALID_ORDER},
    {"FUTURES_AFTER_HOUR_", BOURSE_ERROR_MARKET_CLOSED},
    {"INVALID_", BOURSE_ERROR_INVALID_ORDER},
};

/* What only their texts tell. */
static const bourse_error_hint texts[] = {
    {NULL, "account is not available", BOURSE_ERROR_PERMISSION},
    {NULL, "was not found", BOURSE_ERROR_ORDER_NOT_FOUND},
    {NULL, "valid product_id", BOURSE_ERROR_BAD_SYMBOL},
    {NULL, "proof token", BOURSE_ERROR_PERMISSION},
};

int32_t bourse__coinbase_error_code(bourse_slice code) {
  int32_t error = bourse_error_of(BOURSE_ROWS(codes), code);
  for (size_t i = 0; error == 0 && i < sizeof beginnings / sizeof beginnings[0]; i++)
    if (bourse_slice_begins(code, beginnings[i].code)) error = beginnings[i].error;
  return error != 0 ? error : BOURSE_ERROR_REFUSED;
}

/* Where what is not found is an order. */
static int32_t is_about_an_order(int32_t operation) {
  switch (operation) {
    case BOURSE_OP_EDIT_ORDER:
    case BOURSE_OP_CANCEL_ORDER:
    case BOURSE_OP_CANCEL_ORDERS:
    case BOURSE_OP_FETCH_ORDER:
    case BOURSE_OP_FETCH_ORDER_TRADES: return 1;
    default: return 0;
  }
}

/* --- Replies --- */

/* Any of the forms at once; the reasons from the most particular on. */
typedef struct refusal {
  const char *order_reason;
  const char *preview_reason;
  const char *edit_reason;
  const char *error;
  const char *id;
  const char *message;
  const char *details;
} refusal;

static const bourse_field reason_fields[] = {
    BOURSE_FIELD("error", STRING, refusal, error),
    BOURSE_FIELD("message", STRING, refusal, message),
    BOURSE_FIELD("error_details", STRING, refusal, details),
    BOURSE_FIELD("preview_failure_reason", STRING, refusal, preview_reason),
    BOURSE_FIELD("new_order_failure_reason", STRING, refusal, order_reason),
    BOURSE_FIELD("edit_failure_reason", STRING, refusal, edit_reason),
    BOURSE_FIELD("edit_order_failure_reason", STRING, refusal, edit_reason),
    BOURSE_FIELD("id", STRING, refusal, id),
};
static const bourse_table reason_table = BOURSE_TABLE(reason_fields);

/* {...} or [{...}, ...]: the first counts. Read into the refusal itself. */
static int32_t read_reasons(bourse_decoder *decoder, void *member) {
  uint32_t count = 0;
  if (bourse_json_kind(&decoder->json) == BOURSE_JSON_OBJECT)
    return bourse_decode_object(decoder, &reason_table, member);
  int32_t code = bourse_decode_array_begin(decoder, "errors");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    refusal other;
    memset(&other, 0, sizeof other);
    code = bourse_json_kind(&decoder->json) == BOURSE_JSON_OBJECT
               ? bourse_decode_object(decoder, &reason_table, count == 0 ? member : &other)
               : (bourse_json_skip(&decoder->json), BOURSE_OK);
    count++;
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field reply_fields[] = {
    BOURSE_FIELD("error", STRING, refusal, error),
    BOURSE_FIELD("message", STRING, refusal, message),
    BOURSE_FIELD("error_details", STRING, refusal, details),
    BOURSE_FIELD("preview_failure_reason", STRING, refusal, preview_reason),
    BOURSE_FIELD_CUSTOM("error_response", refusal, order_reason, read_reasons),
    BOURSE_FIELD_CUSTOM("errors", refusal, order_reason, read_reasons),
};
static const bourse_table reply_table = BOURSE_TABLE(reply_fields);
_Static_assert(offsetof(refusal, order_reason) == 0, "reasons are read through the address of the first");

static const char *most_particular(const refusal *told) {
  const char *const reasons[] = {told->edit_reason, told->order_reason, told->preview_reason, told->error, told->id};
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
    if (!bourse__coinbase_is_blank(reasons[i])) return reasons[i];
  return NULL;
}

/* What the exchange says of orders that it need not be asked again soon. */
#define RETRY_MS 1000

int32_t bourse__coinbase_error(bourse_call *call, const bourse_http_reply *reply) {
  bourse_decoder decoder;
  refusal told;
  memset(&told, 0, sizeof told);
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, &reply_table, &told);
  if (bourse_decode_finish(&decoder) != BOURSE_OK) return 0;
  const char *code = most_particular(&told);
  const char *text = told.message != NULL && told.message[0] != '\0' ? told.message : told.details;
  if (code == NULL && text == NULL) return 0;
  bourse_slice native = bourse_slice_of(code), message = bourse_slice_of(text);
  int32_t error = bourse__coinbase_error_code(native);
  int32_t vague = error == BOURSE_ERROR_REFUSED || error == BOURSE_ERROR_BAD_REQUEST || error == BOURSE_ERROR_NOT_FOUND;
  int32_t by_text = vague ? bourse_error_by_text(BOURSE_ROWS(texts), native, message) : 0;
  if (by_text != 0) error = by_text;
  if (error == BOURSE_ERROR_NOT_FOUND && is_about_an_order(call->operation)) error = BOURSE_ERROR_ORDER_NOT_FOUND;
  if (error == BOURSE_ERROR_REFUSED && reply->http_status >= 400) return 0; /* the status says more */
  error = bourse_refuse(call, error, native, message.length > 0 ? message : native, 0);
  if (error == BOURSE_ERROR_RATE_LIMITED) bourse_set_retry_after(call, RETRY_MS);
  return error;
}
