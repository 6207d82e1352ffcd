/* exchange/kraken/errors.c - their texts and ours. A text is a severity (E, W), a class and what it says, sometimes with
 * details behind: "EOrder:Insufficient funds", "EGeneral:Invalid arguments:volume". */
#include <inttypes.h>
#include <string.h>

#include "exchange/kraken/kraken.h"

/* The first row that a text begins with counts, so details stand before what they detail. */
static const struct {
  const char *text;
  int32_t error;
} texts[] = {
    {"EAPI:Invalid nonce", BOURSE_ERROR_TIMESTAMP},
    {"EAPI:Rate limit", BOURSE_ERROR_RATE_LIMITED},
    {"EAPI:Bad request", BOURSE_ERROR_BAD_REQUEST},
    {"EAPI:Feature disabled", BOURSE_ERROR_PERMISSION},
    {"EAPI:", BOURSE_ERROR_AUTH}, /* key, signature, token */
    {"ESession:", BOURSE_ERROR_AUTH},
    {"EAuth:Rate limit", BOURSE_ERROR_RATE_LIMITED},
    {"EAuth:Too many requests", BOURSE_ERROR_RATE_LIMITED},
    {"EAuth:", BOURSE_ERROR_PERMISSION}, /* unconfirmed or disabled accounts */
    {"EAccount:", BOURSE_ERROR_PERMISSION},
    {"ETrade:User Locked", BOURSE_ERROR_PERMISSION},
    {"ETrade:", BOURSE_ERROR_BAD_REQUEST},

    {"EOrder:Insufficient", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"EOrder:Margin", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"EOrder:Post only", BOURSE_ERROR_POST_ONLY},
    {"EOrder:Reduce only", BOURSE_ERROR_REDUCE_ONLY},
    {"EOrder:Cannot open", BOURSE_ERROR_POSITION},
    {"EOrder:Unknown position", BOURSE_ERROR_POSITION},
    {"EOrder:Positions limit", BOURSE_ERROR_POSITION},
    {"EOrder:Unknown order", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"EOrder:Orders limit", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"EOrder:Scheduled orders limit", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"EOrder:Rate limit", BOURSE_ERROR_RATE_LIMITED},
    {"EOrder:Domain rate limit", BOURSE_ERROR_RATE_LIMITED},
    {"EOrder:", BOURSE_ERROR_INVALID_ORDER},
    {"EBM:", BOURSE_ERROR_POSITION}, /* how much an account may buy */

    {"EGeneral:Temporary lockout", BOURSE_ERROR_BANNED},
    {"EGeneral:Too many requests", BOURSE_ERROR_RATE_LIMITED},
    {"EGeneral:Permission denied", BOURSE_ERROR_PERMISSION},
    {"EGeneral:Internal error", BOURSE_ERROR_UNAVAILABLE},
    {"EGeneral:Invalid arguments:cl_ord_id", BOURSE_ERROR_DUPLICATE_ORDER},
    {"EGeneral:Invalid arguments:price", BOURSE_ERROR_INVALID_ORDER},
    {"EGeneral:Invalid arguments:volume", BOURSE_ERROR_INVALID_ORDER},
    {"EGeneral:Invalid arguments:viqc", BOURSE_ERROR_INVALID_ORDER},
    {"EGeneral:Invalid arguments:ordertype", BOURSE_ERROR_INVALID_ORDER},
    {"EGeneral:", BOURSE_ERROR_BAD_REQUEST},

    {"EService:Throttled", BOURSE_ERROR_RATE_LIMITED},
    {"EService:Timeout", BOURSE_ERROR_FATE_UNKNOWN},
    {"EService:Market in", BOURSE_ERROR_MAINTENANCE}, /* cancel_only, post_only and further modes */
    {"EService:Deadline elapsed", BOURSE_ERROR_REFUSED},
    {"EService:", BOURSE_ERROR_UNAVAILABLE},
    {"EDatabase:", BOURSE_ERROR_UNAVAILABLE},

    {"EQuery:Unknown asset", BOURSE_ERROR_BAD_SYMBOL}, /* asset pair too */
    {"EQuery:Invalid asset", BOURSE_ERROR_BAD_SYMBOL},
    {"EQuery:", BOURSE_ERROR_BAD_REQUEST},
    {"EFunding:Unknown asset", BOURSE_ERROR_BAD_SYMBOL},
    {"EFunding:Insufficient", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"EFunding:Unknown", BOURSE_ERROR_NOT_FOUND}, /* withdraw keys, reference ids */
    {"EFunding:", BOURSE_ERROR_BAD_REQUEST},

    /* What only answers to messages say. */
    {"Currency pair not supported", BOURSE_ERROR_BAD_SYMBOL},
    {"Symbol(s) not found", BOURSE_ERROR_BAD_SYMBOL},
    {"Token(s) not found", BOURSE_ERROR_AUTH},
    {"Already subscribed", BOURSE_ERROR_NO_CHANGE},
    {"Exceeded", BOURSE_ERROR_RATE_LIMITED},
    {"Subscription", BOURSE_ERROR_BAD_REQUEST},
    {"Unsupported", BOURSE_ERROR_BAD_REQUEST},
};

/* Where an order that cannot be named is one that is gone. */
static int32_t is_about_an_order(int32_t operation) {
  switch (operation) {
    case BOURSE_OP_EDIT_ORDER:
    case BOURSE_OP_CANCEL_ORDER:
    case BOURSE_OP_CANCEL_ORDERS:
    case BOURSE_OP_FETCH_ORDER:
    case BOURSE_OP_FETCH_ORDER_TRADES:
    case BOURSE_OP_FETCH_ORDER_EDITS: return 1;
    default: return 0;
  }
}

int32_t bourse__kraken_error_code(int32_t operation, bourse_slice text) {
  if (bourse_slice_begins(text, "EOrder:Invalid order") && is_about_an_order(operation))
    return BOURSE_ERROR_ORDER_NOT_FOUND;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    if (!bourse_slice_begins(text, texts[i].text)) continue;
    int32_t told = texts[i].error;
    int32_t vague = told == BOURSE_ERROR_INVALID_ORDER || told == BOURSE_ERROR_BAD_REQUEST;
    return vague && bourse_slice_contains(text, "duplicate") ? BOURSE_ERROR_DUPLICATE_ORDER : told;
  }
  return bourse_slice_contains(text, " field must be ") ? BOURSE_ERROR_BAD_REQUEST : BOURSE_ERROR_REFUSED;
}

/* --- Replies --- */

#define LOCKOUT_MS (15 * KRAKEN_MINUTE / KRAKEN_MILLISECOND)
#define LONGEST_MS (KRAKEN_DAY / KRAKEN_MILLISECOND)

/* "EService:Throttled: 1700000000": the time when to ask again. */
static int64_t wait_told_ms(const bourse_call *call, bourse_slice text) {
  int64_t seconds = 0;
  size_t i = 0;
  while (i < text.length && (text.data[i] < '0' || text.data[i] > '9')) i++;
  for (; i < text.length && seconds < 100000000000 && text.data[i] >= '0' && text.data[i] <= '9'; i++)
    seconds = seconds * 10 + (text.data[i] - '0');
  int64_t wait_ms = seconds * 1000 - call->now_ns / KRAKEN_MILLISECOND;
  return wait_ms <= 0 ? 0 : wait_ms < LONGEST_MS ? wait_ms : LONGEST_MS;
}

static int32_t is_warning(bourse_slice text) { return text.length > 0 && text.data[0] == 'W'; }

/* Walks the texts: the first refusal goes to *first, all together to *all; the number of refusals, negative when this is
 * neither an array of texts nor the one text that answers to messages have. */
static int32_t read_texts(bourse_call *call, bourse_slice errors, bourse_slice *first, bourse_text *all) {
  bourse_decoder decoder;
  bourse_slice text;
  int32_t count = 0;
  bourse_decode_init(&decoder, call->arena, errors.data, errors.length, call);
  if (bourse_json_kind(&decoder.json) == BOURSE_JSON_STRING) {
    if (bourse_decode_text(&decoder, first) != BOURSE_OK) return -1;
    bourse_text_append(all, first->data, first->length);
    return 1;
  }
  if (bourse_decode_array_begin(&decoder, "error") != BOURSE_OK) return -1;
  while (bourse_decode_array_next(&decoder)) {
    if (bourse_decode_text(&decoder, &text) != BOURSE_OK) return -1;
    if (is_warning(text)) continue;
    if (count++ == 0) *first = text;
    if (all->length > 0) bourse_text_string(all, ", ");
    bourse_text_append(all, text.data, text.length);
  }
  return bourse_decode_finish(&decoder) == BOURSE_OK ? count : -1;
}

int32_t bourse__kraken_refused(bourse_call *call, bourse_slice errors) {
  bourse_slice first = {"", 0};
  bourse_text all;
  bourse_text_init(&all, call->arena);
  int32_t count = read_texts(call, errors, &first, &all);
  if (count < 0) return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "error", "the reply's error is no list of texts");
  if (count == 0) return BOURSE_OK;
  if (bourse_text_finish(&all) == NULL) return bourse_fail_memory(call);
  int32_t code = bourse__kraken_error_code(call->operation, first);
  bourse_slice message = {all.data, all.length};
  int32_t told = bourse_refuse(call, code, first, message, bourse__kraken_is_batch(call));
  if (told != code) return told;
  if (code == BOURSE_ERROR_BANNED) bourse_set_retry_after(call, LOCKOUT_MS);
  if (code == BOURSE_ERROR_RATE_LIMITED) bourse_set_retry_after(call, wait_told_ms(call, first));
  return code;
}

/* With a status of 400 and more. The edge before the exchange answers pages; what it sends away with 403 is shut out. */
int32_t bourse__kraken_error(bourse_call *call, const bourse_http_reply *reply) {
  if (!bourse__kraken_is_message(call) && call->wire.host != KRAKEN_SPOT)
    return bourse__kraken_futures_error(call, reply);
  bourse_slice errors = {NULL, 0}, result = {NULL, 0};
  if (bourse__kraken_open_envelope(call, reply, &errors, &result) && errors.data != NULL)
    return bourse__kraken_refused(call, errors);
  if (reply->http_status != 403) return 0;
  return bourse_fail_exchange(call, BOURSE_ERROR_BANNED, (bourse_slice){"", 0},
                              (bourse_slice){reply->body, reply->body_length < 160 ? reply->body_length : 160});
}
