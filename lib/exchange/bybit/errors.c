/* exchange/bybit/errors.c - their codes and ours. HTTP says 200 to refusals too; the code in the reply tells. */
#include <string.h>

#include "exchange/bybit/bybit.h"

/* Looked up before the codes: a text that the message contains. */
static const bourse_error_hint texts[] = {
    {"10001", "symbol", BOURSE_ERROR_BAD_SYMBOL},
    {"10001", "position idx", BOURSE_ERROR_POSITION},
    {"10001", "order not exists", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"10001", "sign params", BOURSE_ERROR_AUTH},
    {"10001", "qty", BOURSE_ERROR_INVALID_ORDER},
    {"10001", "price", BOURSE_ERROR_INVALID_ORDER},
    {"110017", "reduce-only", BOURSE_ERROR_REDUCE_ONLY},
    {"110017", "zero", BOURSE_ERROR_REDUCE_ONLY},
    {"131001", "not sufficient", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {NULL, "in maintenance", BOURSE_ERROR_MAINTENANCE},
};

static const bourse_error_row codes[] = {
    /* Whether it was done is not known. */
    {"5004", BOURSE_ERROR_FATE_UNKNOWN},
    {"10000", BOURSE_ERROR_FATE_UNKNOWN},
    {"10016", BOURSE_ERROR_FATE_UNKNOWN},
    {"110079", BOURSE_ERROR_FATE_UNKNOWN},
    {"170001", BOURSE_ERROR_FATE_UNKNOWN},
    {"170007", BOURSE_ERROR_FATE_UNKNOWN},
    {"170032", BOURSE_ERROR_FATE_UNKNOWN},
    {"170035", BOURSE_ERROR_FATE_UNKNOWN}, /* submitted to be processed */
    {"170212", BOURSE_ERROR_FATE_UNKNOWN}, /* its cancel is being processed */
    {"170234", BOURSE_ERROR_FATE_UNKNOWN},
    {"3400214", BOURSE_ERROR_FATE_UNKNOWN},
    {"131230", BOURSE_ERROR_FATE_UNKNOWN},
    {"170146", BOURSE_ERROR_FATE_UNKNOWN},
    {"170147", BOURSE_ERROR_FATE_UNKNOWN},
    {"170310", BOURSE_ERROR_FATE_UNKNOWN},
    {"131001", BOURSE_ERROR_FATE_UNKNOWN},
    {"131003", BOURSE_ERROR_FATE_UNKNOWN},
    {"131200", BOURSE_ERROR_FATE_UNKNOWN},
    {"131201", BOURSE_ERROR_FATE_UNKNOWN},

    {"-1", BOURSE_ERROR_TIMESTAMP},
    {"10002", BOURSE_ERROR_TIMESTAMP},
    {"7001", BOURSE_ERROR_BAD_REQUEST},
    {"10001", BOURSE_ERROR_BAD_REQUEST},
    {"10014", BOURSE_ERROR_DUPLICATE_ORDER},
    {"20006", BOURSE_ERROR_DUPLICATE_ORDER},
    {"10017", BOURSE_ERROR_BAD_REQUEST},
    {"10404", BOURSE_ERROR_BAD_REQUEST},
    {"12201", BOURSE_ERROR_BAD_REQUEST},
    {"170130", BOURSE_ERROR_BAD_REQUEST},
    {"182120", BOURSE_ERROR_BAD_REQUEST},

    {"10003", BOURSE_ERROR_AUTH},
    {"10004", BOURSE_ERROR_AUTH},
    {"10007", BOURSE_ERROR_AUTH},
    {"33004", BOURSE_ERROR_AUTH},
    {"-2015", BOURSE_ERROR_AUTH},
    {"20001", BOURSE_ERROR_NO_CHANGE}, /* authenticated already */
    {"10005", BOURSE_ERROR_PERMISSION},
    {"10010", BOURSE_ERROR_PERMISSION},
    {"10028", BOURSE_ERROR_PERMISSION},
    {"10032", BOURSE_ERROR_PERMISSION}, /* not in demo trading */
    {"100028", BOURSE_ERROR_PERMISSION},
    {"110067", BOURSE_ERROR_PERMISSION},
    {"110088", BOURSE_ERROR_PERMISSION},
    {"10008", BOURSE_ERROR_PERMISSION},
    {"10027", BOURSE_ERROR_PERMISSION},
    {"110018", BOURSE_ERROR_PERMISSION},
    {"110066", BOURSE_ERROR_PERMISSION},
    {"110123", BOURSE_ERROR_PERMISSION},
    {"110124", BOURSE_ERROR_PERMISSION},
    {"110125", BOURSE_ERROR_PERMISSION},
    {"170036", BOURSE_ERROR_PERMISSION},
    {"170037", BOURSE_ERROR_PERMISSION},
    {"182021", BOURSE_ERROR_PERMISSION},
    {"10020", BOURSE_ERROR_PERMISSION},  /* for unified accounts */
    {"131004", BOURSE_ERROR_PERMISSION}, /* for those whom the exchange knows */
    {"131083", BOURSE_ERROR_PERMISSION},
    {"131093", BOURSE_ERROR_PERMISSION},
    {"10009", BOURSE_ERROR_LOCATION},
    {"10024", BOURSE_ERROR_LOCATION},
    {"110132", BOURSE_ERROR_LOCATION},
    {"170209", BOURSE_ERROR_LOCATION},

    {"10006", BOURSE_ERROR_RATE_LIMITED},
    {"170005", BOURSE_ERROR_RATE_LIMITED},
    {"170222", BOURSE_ERROR_RATE_LIMITED},
    {"20003", BOURSE_ERROR_RATE_LIMITED},
    {"10403", BOURSE_ERROR_RATE_LIMITED},
    {"10018", BOURSE_ERROR_BANNED}, /* this address asked too often */
    {"429", BOURSE_ERROR_OVERLOADED},
    {"10429", BOURSE_ERROR_OVERLOADED},
    {"10019", BOURSE_ERROR_OVERLOADED},

    {"10029", BOURSE_ERROR_BAD_SYMBOL},
    {"110074", BOURSE_ERROR_BAD_SYMBOL},
    {"170121", BOURSE_ERROR_BAD_SYMBOL},
    {"170151", BOURSE_ERROR_BAD_SYMBOL},
    {"170157", BOURSE_ERROR_BAD_SYMBOL},

    /* Not there, or no longer open. */
    {"110001", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"170143", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"170213", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"110008", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"110010", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"170139", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"170142", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"170190", BOURSE_ERROR_ORDER_NOT_FOUND},

    {"110003", BOURSE_ERROR_INVALID_ORDER},
    {"110120", BOURSE_ERROR_INVALID_ORDER},
    {"110121", BOURSE_ERROR_INVALID_ORDER},
    {"170132", BOURSE_ERROR_INVALID_ORDER},
    {"170133", BOURSE_ERROR_INVALID_ORDER},
    {"170134", BOURSE_ERROR_INVALID_ORDER},
    {"170192", BOURSE_ERROR_INVALID_ORDER},
    {"170193", BOURSE_ERROR_INVALID_ORDER},
    {"170194", BOURSE_ERROR_INVALID_ORDER},
    {"170371", BOURSE_ERROR_INVALID_ORDER},
    {"170372", BOURSE_ERROR_INVALID_ORDER},
    {"30208", BOURSE_ERROR_INVALID_ORDER},
    {"30209", BOURSE_ERROR_INVALID_ORDER},
    {"110017", BOURSE_ERROR_INVALID_ORDER},
    {"170124", BOURSE_ERROR_INVALID_ORDER},
    {"170136", BOURSE_ERROR_INVALID_ORDER},
    {"170137", BOURSE_ERROR_INVALID_ORDER},
    {"170341", BOURSE_ERROR_INVALID_ORDER},
    {"170381", BOURSE_ERROR_INVALID_ORDER},
    {"170382", BOURSE_ERROR_INVALID_ORDER},
    {"110094", BOURSE_ERROR_INVALID_ORDER},
    {"170140", BOURSE_ERROR_INVALID_ORDER},
    {"110064", BOURSE_ERROR_INVALID_ORDER},
    {"170312", BOURSE_ERROR_INVALID_ORDER},
    {"170313", BOURSE_ERROR_INVALID_ORDER},
    {"170115", BOURSE_ERROR_INVALID_ORDER},
    {"170116", BOURSE_ERROR_INVALID_ORDER},
    {"170117", BOURSE_ERROR_INVALID_ORDER},
    {"170201", BOURSE_ERROR_INVALID_ORDER},
    {"3100116", BOURSE_ERROR_INVALID_ORDER},
    {"3100198", BOURSE_ERROR_INVALID_ORDER},
    {"170217", BOURSE_ERROR_POST_ONLY},
    {"170218", BOURSE_ERROR_POST_ONLY},
    {"110021", BOURSE_ERROR_POSITION}, /* open interest is at its cap */
    {"30228", BOURSE_ERROR_POSITION},
    {"110022", BOURSE_ERROR_REDUCE_ONLY},
    {"110023", BOURSE_ERROR_REDUCE_ONLY},
    {"110042", BOURSE_ERROR_REDUCE_ONLY},
    {"110092", BOURSE_ERROR_WOULD_TRIGGER},
    {"110093", BOURSE_ERROR_WOULD_TRIGGER},
    {"170203", BOURSE_ERROR_WOULD_TRIGGER},
    {"170204", BOURSE_ERROR_WOULD_TRIGGER},
    {"110095", BOURSE_ERROR_MARKET_CLOSED},
    {"110096", BOURSE_ERROR_MARKET_CLOSED},
    {"110097", BOURSE_ERROR_MARKET_CLOSED},
    {"110098", BOURSE_ERROR_MARKET_CLOSED},
    {"110099", BOURSE_ERROR_MARKET_CLOSED},
    {"110100", BOURSE_ERROR_MARKET_CLOSED},
    {"110101", BOURSE_ERROR_MARKET_CLOSED},
    {"110102", BOURSE_ERROR_MARKET_CLOSED},
    {"110103", BOURSE_ERROR_MARKET_CLOSED},

    {"110004", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"110006", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"110007", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"110012", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"110014", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"110044", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"110045", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"110051", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"110052", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"110053", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"170033", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"170131", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"131085", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"131212", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"131228", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"176015", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"3200300", BOURSE_ERROR_INSUFFICIENT_FUNDS},

    {"110072", BOURSE_ERROR_DUPLICATE_ORDER},
    {"170141", BOURSE_ERROR_DUPLICATE_ORDER},
    {"110009", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"110020", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"110061", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"170810", BOURSE_ERROR_TOO_MANY_ORDERS},

    {"110013", BOURSE_ERROR_POSITION},
    {"110024", BOURSE_ERROR_POSITION},
    {"110028", BOURSE_ERROR_POSITION},
    {"110029", BOURSE_ERROR_POSITION},
    {"110086", BOURSE_ERROR_POSITION},
    {"110089", BOURSE_ERROR_POSITION},
    {"110090", BOURSE_ERROR_POSITION},
    {"3400045", BOURSE_ERROR_POSITION}, /* the margin mode was not changed */
    {"110025", BOURSE_ERROR_NO_CHANGE},
    {"110026", BOURSE_ERROR_NO_CHANGE},
    {"110027", BOURSE_ERROR_NO_CHANGE},
    {"110043", BOURSE_ERROR_NO_CHANGE},
    {"34040", BOURSE_ERROR_NO_CHANGE},

    {"131002", BOURSE_ERROR_BAD_REQUEST},
    {"131203", BOURSE_ERROR_BAD_REQUEST},
    {"131210", BOURSE_ERROR_BAD_REQUEST},
    {"131215", BOURSE_ERROR_BAD_REQUEST},
    {"131214", BOURSE_ERROR_REFUSED}, /* a transfer of that id was made */
    {"176014", BOURSE_ERROR_REFUSED}, /* borrowed or paid back a moment ago */
    {"176021", BOURSE_ERROR_REFUSED},
};

int32_t bourse__bybit_error_code(bourse_slice code, bourse_slice message) {
  int32_t told = bourse_error_by_text(BOURSE_ROWS(texts), code, message);
  if (told == 0) told = bourse_error_of(BOURSE_ROWS(codes), code);
  return told != 0 ? told : BOURSE_ERROR_REFUSED;
}

/* --- Replies --- */

#define BAN_MS (10 * BYBIT_MINUTE / BYBIT_MILLISECOND)

static int32_t is_setting(const bourse_call *call) {
  return call->operation == BOURSE_OP_SET_LEVERAGE || call->operation == BOURSE_OP_SET_MARGIN_MODE ||
         call->operation == BOURSE_OP_SET_POSITION_MODE;
}

/* What changes nothing has no fate. */
static int32_t error_of(const bourse_call *call, bourse_slice code, bourse_slice message) {
  int32_t told = bourse__bybit_error_code(code, message);
  int32_t acts = (call->endpoint->flags & BOURSE_ENDPOINT_ACTS) != 0;
  return told == BOURSE_ERROR_FATE_UNKNOWN && !acts ? BOURSE_ERROR_UNAVAILABLE : told;
}

static int32_t refuse(bourse_call *call, int32_t told, bourse_slice code, bourse_slice message) {
  told = bourse_refuse(call, told, code, message, bourse__bybit_is_batch(call));
  if (told == BOURSE_ERROR_BANNED) bourse_set_retry_after(call, BAN_MS);
  return told;
}

int32_t bourse__bybit_refused(bourse_call *call, bourse_slice code, bourse_slice message, bourse_slice data) {
  int32_t told = error_of(call, code, message);
  (void)data;
  if (told == BOURSE_ERROR_NO_CHANGE && is_setting(call)) {
    int32_t accepted = bourse_accept_unchanged(call);
    return accepted == BOURSE_OK ? BOURSE_DONE : accepted;
  }
  if (bourse__bybit_looks_on(call, told)) return BOURSE_CONTINUE;
  return refuse(call, told, code, message);
}

/* A refusal that does not come as those of requests do means nothing else. */
static int32_t refused_outright(bourse_call *call, bourse_slice code, bourse_slice message, bourse_slice data) {
  (void)data;
  return refuse(call, error_of(call, code, message), code, message);
}

/* With a status of 400 and more. 403 is the address being shut out for asking too often, or living in the wrong place. */
int32_t bourse__bybit_error(bourse_call *call, const bourse_http_reply *reply) {
  bourse_slice none = {"", 0}, text = {reply->body == NULL ? "" : reply->body, reply->body_length};
  int32_t told = bourse_unwrap_error(call, reply, &bourse__bybit_envelope, refused_outright);
  if (told != 0 || reply->http_status != 403) return told;
  int32_t elsewhere = bourse_slice_contains(text, "country") || bourse_slice_contains(text, "region");
  if (text.length > 160) text.length = 160;
  bourse_fail_exchange(call, elsewhere ? BOURSE_ERROR_LOCATION : BOURSE_ERROR_BANNED, none, text);
  if (!elsewhere) bourse_set_retry_after(call, BAN_MS);
  return elsewhere ? BOURSE_ERROR_LOCATION : BOURSE_ERROR_BANNED;
}
