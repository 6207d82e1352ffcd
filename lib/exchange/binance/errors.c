/* exchange/binance/errors.c - their codes and ours. Many codes mean one thing on spot, margin and wallet and another on
 * futures; some are told apart only by their text. */
#include <inttypes.h>
#include <string.h>

#include "exchange/binance/binance.h"

#define ANY     3
#define SPOT    1
#define FUTURES 2

/* Looked up before the codes; a text that the message contains. */
static const struct {
  int64_t code;
  const char *text;
  int32_t error;
} texts[] = {
    {-1000, "execution status unknown", BOURSE_ERROR_FATE_UNKNOWN},
    {-1000, "Unknown error, please check", BOURSE_ERROR_FATE_UNKNOWN},
    {-1003, "Unknown error, please check", BOURSE_ERROR_FATE_UNKNOWN},
    {-1003, "unable to process", BOURSE_ERROR_UNAVAILABLE},
    {-1003, "banned until", BOURSE_ERROR_BANNED},
    {-1013, "Market is closed", BOURSE_ERROR_MARKET_CLOSED},
    {-1013, "MAX_NUM_", BOURSE_ERROR_TOO_MANY_ORDERS},
    {-1013, "MAX_POSITION", BOURSE_ERROR_POSITION},
    {-2010, "insufficient balance", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {-2010, "Balance is not enough", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {-2010, "Duplicate order", BOURSE_ERROR_DUPLICATE_ORDER},
    {-2010, "immediately match", BOURSE_ERROR_POST_ONLY},
    {-2010, "trigger immediately", BOURSE_ERROR_WOULD_TRIGGER},
    {-2010, "Market is closed", BOURSE_ERROR_MARKET_CLOSED},
    {-2010, "not permitted", BOURSE_ERROR_PERMISSION},
    {-2010, "restricted for this account", BOURSE_ERROR_PERMISSION},
    {-2010, "disabled on this account", BOURSE_ERROR_PERMISSION},
    {-2010, "MAX_NUM_", BOURSE_ERROR_TOO_MANY_ORDERS},
    {-2010, "MAX_POSITION", BOURSE_ERROR_POSITION},
    {-2011, "Unknown order", BOURSE_ERROR_ORDER_NOT_FOUND},
    {-2011, "Duplicate order", BOURSE_ERROR_DUPLICATE_ORDER},
    {-2011, "not permitted", BOURSE_ERROR_PERMISSION},
    {-2011, "disabled on this account", BOURSE_ERROR_PERMISSION},
    {1, "under maintenance", BOURSE_ERROR_MAINTENANCE},
};

static const struct {
  int32_t code;
  int32_t group;
  int32_t error;
} codes[] = {
    {-1000, ANY, BOURSE_ERROR_UNAVAILABLE},
    {-1001, ANY, BOURSE_ERROR_UNAVAILABLE},
    {-3000, SPOT, BOURSE_ERROR_UNAVAILABLE},
    {-1002, ANY, BOURSE_ERROR_AUTH},
    {-1003, ANY, BOURSE_ERROR_RATE_LIMITED},
    {-1004, SPOT, BOURSE_ERROR_OVERLOADED},
    {-1004, FUTURES, BOURSE_ERROR_BAD_REQUEST},
    {-1006, ANY, BOURSE_ERROR_FATE_UNKNOWN},
    {-1007, ANY, BOURSE_ERROR_FATE_UNKNOWN},
    {-1008, ANY, BOURSE_ERROR_OVERLOADED},
    {-1010, ANY, BOURSE_ERROR_INVALID_ORDER},
    {-1013, ANY, BOURSE_ERROR_INVALID_ORDER},
    {-1014, ANY, BOURSE_ERROR_INVALID_ORDER},
    {-1015, ANY, BOURSE_ERROR_RATE_LIMITED},
    {-1016, ANY, BOURSE_ERROR_UNAVAILABLE},
    {-1020, ANY, BOURSE_ERROR_BAD_REQUEST},
    {-1021, ANY, BOURSE_ERROR_TIMESTAMP},
    {-1022, ANY, BOURSE_ERROR_AUTH},
    {-1023, ANY, BOURSE_ERROR_BAD_REQUEST},
    {-1099, ANY, BOURSE_ERROR_AUTH},
    {-1109, ANY, BOURSE_ERROR_PERMISSION},
    {-1110, ANY, BOURSE_ERROR_BAD_SYMBOL},
    {-1111, ANY, BOURSE_ERROR_INVALID_ORDER},
    {-1112, ANY, BOURSE_ERROR_NO_LIQUIDITY},
    {-1114, ANY, BOURSE_ERROR_INVALID_ORDER},
    {-1115, ANY, BOURSE_ERROR_INVALID_ORDER},
    {-1116, ANY, BOURSE_ERROR_INVALID_ORDER},
    {-1117, ANY, BOURSE_ERROR_INVALID_ORDER},
    {-1121, ANY, BOURSE_ERROR_BAD_SYMBOL},
    {-1122, ANY, BOURSE_ERROR_BAD_SYMBOL},
    {-1125, ANY, BOURSE_ERROR_NOT_FOUND},
    {-1220, ANY, BOURSE_ERROR_BAD_SYMBOL},
    {-2008, ANY, BOURSE_ERROR_AUTH},
    {-2010, ANY, BOURSE_ERROR_INVALID_ORDER},
    {-2013, ANY, BOURSE_ERROR_ORDER_NOT_FOUND},
    {-2014, ANY, BOURSE_ERROR_AUTH},
    {-2015, ANY, BOURSE_ERROR_AUTH}, /* key, address or permission: the exchange does not say which */
    {-2016, ANY, BOURSE_ERROR_MARKET_CLOSED},
    {-2018, ANY, BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {-2019, ANY, BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {-2020, FUTURES, BOURSE_ERROR_UNFILLED},
    {-2021, FUTURES, BOURSE_ERROR_WOULD_TRIGGER},
    {-2021, SPOT, BOURSE_ERROR_INVALID_ORDER}, /* cancelReplace, half done: its parts say more */
    {-2022, FUTURES, BOURSE_ERROR_REDUCE_ONLY},
    {-2022, SPOT, BOURSE_ERROR_INVALID_ORDER}, /* cancelReplace, not done */
    {-2023, FUTURES, BOURSE_ERROR_POSITION},
    {-2024, FUTURES, BOURSE_ERROR_POSITION},
    {-2025, FUTURES, BOURSE_ERROR_TOO_MANY_ORDERS},
    {-2026, FUTURES, BOURSE_ERROR_INVALID_ORDER},
    {-2026, SPOT, BOURSE_ERROR_ORDER_NOT_FOUND}, /* archived */
    {-2027, FUTURES, BOURSE_ERROR_POSITION},
    {-2028, FUTURES, BOURSE_ERROR_POSITION},
    {-2038, SPOT, BOURSE_ERROR_INVALID_ORDER},
    {-2039, SPOT, BOURSE_ERROR_ORDER_NOT_FOUND},

    /* margin and wallet */
    {-3001, SPOT, BOURSE_ERROR_PERMISSION},
    {-3002, SPOT, BOURSE_ERROR_BAD_SYMBOL},
    {-3003, SPOT, BOURSE_ERROR_NOT_FOUND},
    {-3004, SPOT, BOURSE_ERROR_PERMISSION},
    {-3005, SPOT, BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {-3006, SPOT, BOURSE_ERROR_POSITION},
    {-3008, SPOT, BOURSE_ERROR_POSITION},
    {-3009, SPOT, BOURSE_ERROR_BAD_SYMBOL},
    {-3010, SPOT, BOURSE_ERROR_BAD_REQUEST},
    {-3012, SPOT, BOURSE_ERROR_PERMISSION},
    {-3014, SPOT, BOURSE_ERROR_PERMISSION},
    {-3015, SPOT, BOURSE_ERROR_BAD_REQUEST},
    {-3018, SPOT, BOURSE_ERROR_PERMISSION},
    {-3019, SPOT, BOURSE_ERROR_PERMISSION},
    {-3020, SPOT, BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {-3021, SPOT, BOURSE_ERROR_PERMISSION},
    {-3022, SPOT, BOURSE_ERROR_PERMISSION},
    {-3023, SPOT, BOURSE_ERROR_POSITION},
    {-3024, SPOT, BOURSE_ERROR_POSITION},
    {-3027, SPOT, BOURSE_ERROR_BAD_SYMBOL},
    {-3028, SPOT, BOURSE_ERROR_BAD_SYMBOL},
    {-3036, SPOT, BOURSE_ERROR_PERMISSION},
    {-3041, SPOT, BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {-3042, SPOT, BOURSE_ERROR_PERMISSION},
    {-3044, SPOT, BOURSE_ERROR_OVERLOADED},
    {-3045, SPOT, BOURSE_ERROR_NO_LIQUIDITY},
    {-3999, SPOT, BOURSE_ERROR_PERMISSION},
    {-4018, SPOT, BOURSE_ERROR_BAD_SYMBOL},
    {-4019, SPOT, BOURSE_ERROR_BAD_SYMBOL},
    {-4026, SPOT, BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {-4033, SPOT, BOURSE_ERROR_BAD_REQUEST},
    {-4035, SPOT, BOURSE_ERROR_PERMISSION},
    {-4046, SPOT, BOURSE_ERROR_PERMISSION},
    {-4106, SPOT, BOURSE_ERROR_BAD_REQUEST},
    {-5002, SPOT, BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {-5013, SPOT, BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {-10001, SPOT, BOURSE_ERROR_MAINTENANCE},
    {-10017, SPOT, BOURSE_ERROR_BAD_REQUEST},
    {-21015, ANY, BOURSE_ERROR_NOT_FOUND},

    /* futures */
    {-4015, FUTURES, BOURSE_ERROR_BAD_REQUEST},
    {-4028, FUTURES, BOURSE_ERROR_POSITION},
    {-4045, FUTURES, BOURSE_ERROR_TOO_MANY_ORDERS},
    {-4046, FUTURES, BOURSE_ERROR_NO_CHANGE},
    {-4047, FUTURES, BOURSE_ERROR_POSITION},
    {-4048, FUTURES, BOURSE_ERROR_POSITION},
    {-4049, FUTURES, BOURSE_ERROR_POSITION},
    {-4050, FUTURES, BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {-4051, FUTURES, BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {-4054, FUTURES, BOURSE_ERROR_POSITION},
    {-4055, FUTURES, BOURSE_ERROR_BAD_REQUEST},
    {-4059, FUTURES, BOURSE_ERROR_NO_CHANGE},
    {-4061, FUTURES, BOURSE_ERROR_POSITION},
    {-4067, FUTURES, BOURSE_ERROR_POSITION},
    {-4068, FUTURES, BOURSE_ERROR_POSITION},
    {-4087, FUTURES, BOURSE_ERROR_PERMISSION},
    {-4088, FUTURES, BOURSE_ERROR_PERMISSION},
    {-4109, FUTURES, BOURSE_ERROR_PERMISSION},
    {-4116, FUTURES, BOURSE_ERROR_DUPLICATE_ORDER},
    {-4140, FUTURES, BOURSE_ERROR_MARKET_CLOSED},
    {-4141, FUTURES, BOURSE_ERROR_MARKET_CLOSED},
    {-4142, FUTURES, BOURSE_ERROR_WOULD_TRIGGER},
    {-4144, FUTURES, BOURSE_ERROR_BAD_SYMBOL},
    {-4161, FUTURES, BOURSE_ERROR_POSITION},
    {-4165, FUTURES, BOURSE_ERROR_BAD_REQUEST},
    {-4167, FUTURES, BOURSE_ERROR_POSITION},
    {-4168, FUTURES, BOURSE_ERROR_POSITION},
    {-4171, FUTURES, BOURSE_ERROR_NO_CHANGE},
    {-4192, FUTURES, BOURSE_ERROR_PERMISSION},
    {-1005, FUTURES, BOURSE_ERROR_PERMISSION},
    {-1011, FUTURES, BOURSE_ERROR_PERMISSION},
    {-2017, FUTURES, BOURSE_ERROR_PERMISSION},
    {-4400, FUTURES, BOURSE_ERROR_PERMISSION},
    {-4401, FUTURES, BOURSE_ERROR_PERMISSION},
    {-4402, FUTURES, BOURSE_ERROR_PERMISSION},
    {-4403, FUTURES, BOURSE_ERROR_PERMISSION},
    {-4408, FUTURES, BOURSE_ERROR_PERMISSION},
    {-4531, FUTURES, BOURSE_ERROR_POSITION},
    {-5021, FUTURES, BOURSE_ERROR_UNFILLED},
    {-5022, FUTURES, BOURSE_ERROR_POST_ONLY},
    {-5027, FUTURES, BOURSE_ERROR_NO_CHANGE},
    {-5028, FUTURES, BOURSE_ERROR_TIMESTAMP},
};

/* For codes that the table does not have; the first range that holds the code. */
static const struct {
  int32_t from;
  int32_t to;
  int32_t group;
  int32_t error;
} ranges[] = {
    {-1199, -1100, ANY, BOURSE_ERROR_BAD_REQUEST},
    {-4199, -4000, FUTURES, BOURSE_ERROR_INVALID_ORDER},
    {-5099, -5000, FUTURES, BOURSE_ERROR_INVALID_ORDER},
};

int32_t bourse__binance_error_code(int32_t futures, int64_t code, bourse_slice message) {
  const int32_t group = futures ? FUTURES : SPOT;
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    if (texts[i].code == code && bourse_slice_contains(message, texts[i].text)) return texts[i].error;
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
    if (codes[i].code == code && (codes[i].group & group) != 0) return codes[i].error;
  for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
    if (code >= ranges[i].from && code <= ranges[i].to && (ranges[i].group & group) != 0) return ranges[i].error;
  return BOURSE_ERROR_REFUSED;
}

/* --- Replies --- */

typedef struct error_reply {
  bourse_slice code;
  const char *message;
  bourse_slice data; /* cancelReplace: what became of its two halves */
} error_reply;

static const bourse_field error_fields[] = {
    BOURSE_FIELD_FULL("code", SLICE, error_reply, code, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("msg", STRING, error_reply, message),
    BOURSE_FIELD("data", RAW, error_reply, data),
};
static const bourse_table error_table = BOURSE_TABLE(error_fields);

typedef struct halves {
  bourse_slice cancel_result;
  bourse_slice new_result;
  bourse_slice cancel;
  bourse_slice replacement;
} halves;

static const bourse_field halves_fields[] = {
    BOURSE_FIELD("cancelResult", SLICE, halves, cancel_result),
    BOURSE_FIELD("newOrderResult", SLICE, halves, new_result),
    BOURSE_FIELD("cancelResponse", RAW, halves, cancel),
    BOURSE_FIELD("newOrderResponse", RAW, halves, replacement),
};
static const bourse_table halves_table = BOURSE_TABLE(halves_fields);

static int32_t read_error(bourse_call *call, bourse_slice bytes, error_reply *out) {
  bourse_decoder decoder;
  memset(out, 0, sizeof *out);
  bourse_decode_init(&decoder, call->arena, bytes.data, bytes.length, call);
  bourse_decode_object(&decoder, &error_table, out);
  return bourse_decode_finish(&decoder) == BOURSE_OK;
}

#define LONGEST_BAN_MS (3 * BINANCE_DAY / BINANCE_MILLISECOND)

/* "... IP banned until 1573000000000 ..." */
static int64_t banned_until_ms(bourse_slice message) {
  static const char words[] = "banned until ";
  const char *at = message.data == NULL ? NULL : memmem(message.data, message.length, words, sizeof words - 1);
  if (at == NULL) return 0;
  at += sizeof words - 1;
  return bourse_slice_int((bourse_slice){at, (size_t)(message.data + message.length - at)});
}

/* The half that failed says why. When the old order is gone and no new one came, or the other way round, something was done
 * all the same. */
static int32_t fail_replacement(bourse_call *call, const error_reply *whole) {
  halves parts;
  error_reply reason;
  bourse_decoder decoder;
  memset(&parts, 0, sizeof parts);
  bourse_decode_init(&decoder, call->arena, whole->data.data, whole->data.length, call);
  bourse_decode_object(&decoder, &halves_table, &parts);
  int32_t canceled = bourse_slice_is(parts.cancel_result, "SUCCESS"),
          placed = bourse_slice_is(parts.new_result, "SUCCESS");
  bourse_slice failed = canceled ? parts.replacement : parts.cancel;
  if (bourse_decode_finish(&decoder) != BOURSE_OK || failed.data == NULL || !read_error(call, failed, &reason))
    return 0;
  bourse_slice message = bourse_slice_of(reason.message);
  if (canceled || placed) {
    char *text = bourse_arena_format(call->arena, "%s: %s",
                                     canceled ? "the old order was canceled, the new one refused"
                                              : "the new order was placed, and the old one not canceled",
                                     reason.message == NULL ? "" : reason.message);
    if (text == NULL) return bourse_fail_memory(call);
    message = bourse_slice_of(text);
  }
  int32_t code = bourse__binance_error_code(0, bourse_slice_int(reason.code), bourse_slice_of(reason.message));
  bourse_fail_exchange(call, code, reason.code, message);
  if (code != BOURSE_ERROR_FATE_UNKNOWN)
    bourse_set_outcome(call, canceled || placed ? BOURSE_OUTCOME_EXECUTED : BOURSE_OUTCOME_REJECTED);
  return code;
}

static int32_t is_setting(const bourse_call *call) {
  return call->operation == BOURSE_OP_SET_MARGIN_MODE || call->operation == BOURSE_OP_SET_POSITION_MODE ||
         call->operation == BOURSE_OP_SET_MULTI_ASSETS_MODE;
}

int32_t bourse__binance_error(bourse_call *call, const bourse_http_reply *reply) {
  error_reply wire;
  int32_t futures = (call->endpoint->flags & BOURSE_ENDPOINT_SOCKET) != 0
                        ? bourse_is_futures(call)
                        : call->wire.host == BINANCE_FAPI || call->wire.host == BINANCE_DAPI;
  if (!read_error(call, (bourse_slice){reply->body, reply->body_length}, &wire)) return 0;
  bourse_slice message = bourse_slice_of(wire.message);
  int64_t number = bourse_slice_int(wire.code);
  if (!futures && (number == -2021 || number == -2022) && wire.data.data != NULL) {
    int32_t told = fail_replacement(call, &wire);
    if (told != 0) return told;
  }
  int32_t code = bourse__binance_error_code(futures, number, message);
  if (reply->http_status == 418) code = BOURSE_ERROR_BANNED;
  if (reply->http_status == 503 && futures && bourse_slice_contains(message, "Service Unavailable"))
    code = BOURSE_ERROR_UNAVAILABLE;
  /* Nothing was open, or it was set like that before. */
  if ((code == BOURSE_ERROR_ORDER_NOT_FOUND && call->operation == BOURSE_OP_CANCEL_ALL_ORDERS) ||
      (code == BOURSE_ERROR_NO_CHANGE && is_setting(call))) {
    int32_t accepted = bourse_accept_unchanged(call);
    return accepted == BOURSE_OK ? BOURSE_DONE : accepted;
  }
  int32_t told = bourse_refuse(call, code, wire.code, message, call->endpoint->variant == BINANCE_BATCH);
  if (told != code) return told;
  /* These say that nothing was done; any other breakdown leaves it open. */
  if (code == BOURSE_ERROR_UNAVAILABLE &&
      (number == -1016 || (futures && (bourse_slice_contains(message, "unable to process") ||
                                       bourse_slice_contains(message, "Service Unavailable")))))
    bourse_set_outcome(call, BOURSE_OUTCOME_REJECTED);
  int64_t wait_ms = banned_until_ms(message) - call->now_ns / BINANCE_MILLISECOND;
  if (wait_ms > 0) bourse_set_retry_after(call, wait_ms < LONGEST_BAN_MS ? wait_ms : LONGEST_BAN_MS);
  return code;
}

int32_t bourse__binance_refused(bourse_call *call, const bourse_http_reply *reply) {
  int32_t code = bourse__binance_error(call, reply);
  if (code == 0) return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, NULL, "the reply is neither a success nor an error");
  return code == BOURSE_DONE ? BOURSE_OK : code;
}
