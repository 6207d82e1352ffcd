/* exchange/kucoin/errors.c - their codes and ours. Some codes mean many things, which their texts tell apart. */
#include <string.h>

#include "exchange/kucoin/kucoin.h"

/* What the text tells of a code that says little. */
static const bourse_error_hint texts[] = {
    {NULL, "order_not_exist", BOURSE_ERROR_ORDER_NOT_FOUND},
    {NULL, "orderNotExist", BOURSE_ERROR_ORDER_NOT_FOUND},
    {NULL, "order not exist", BOURSE_ERROR_ORDER_NOT_FOUND},
    {NULL, "order does not exist", BOURSE_ERROR_ORDER_NOT_FOUND},
    {NULL, "order is not exist", BOURSE_ERROR_ORDER_NOT_FOUND},
    {NULL, "The order cannot be canceled", BOURSE_ERROR_ORDER_NOT_FOUND},
    {NULL, "Position does not exist", BOURSE_ERROR_NOT_FOUND},
    {NULL, "account.available.amount", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {NULL, "alance insufficient", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {NULL, "insufficient", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {NULL, "out-transfer limit", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {NULL, "Failed to transfer", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {NULL, "clientOid is duplicate", BOURSE_ERROR_DUPLICATE_ORDER},
    {NULL, "clientOid already exists", BOURSE_ERROR_DUPLICATE_ORDER},
    {NULL, "duplicate", BOURSE_ERROR_DUPLICATE_ORDER},
    {NULL, "post only", BOURSE_ERROR_POST_ONLY},
    {NULL, "postOnly", BOURSE_ERROR_POST_ONLY},
    {NULL, "reduce only", BOURSE_ERROR_REDUCE_ONLY},
    {NULL, "reduceOnly", BOURSE_ERROR_REDUCE_ONLY},
    {NULL, "trigger immediately", BOURSE_ERROR_WOULD_TRIGGER},
    {NULL, "Unsupported trading pair", BOURSE_ERROR_BAD_SYMBOL},
    {NULL, "symbol not exist", BOURSE_ERROR_BAD_SYMBOL},
    {NULL, "symbolNotExist", BOURSE_ERROR_BAD_SYMBOL},
    {NULL, "symbolNotAvailable", BOURSE_ERROR_BAD_SYMBOL},
    {NULL, "maintenance", BOURSE_ERROR_MAINTENANCE},
    {NULL, "too many requests", BOURSE_ERROR_RATE_LIMITED},
    {"400100", "order size", BOURSE_ERROR_INVALID_ORDER},
    {"400100", "quantity", BOURSE_ERROR_INVALID_ORDER},
    {"400100", "minimum", BOURSE_ERROR_INVALID_ORDER},
    {"400100", "increment", BOURSE_ERROR_INVALID_ORDER},
    {"400100", "price", BOURSE_ERROR_INVALID_ORDER},
    {"400100", "createOrder", BOURSE_ERROR_BAD_REQUEST},
};

static const bourse_error_row rows[] = {
    {"1015", BOURSE_ERROR_RATE_LIMITED}, /* the edge before the exchange, by address */
    {"100001", BOURSE_ERROR_BAD_REQUEST},
    {"100003", BOURSE_ERROR_BAD_SYMBOL},
    {"100004", BOURSE_ERROR_ORDER_NOT_FOUND}, /* nothing left to cancel */
    {"101030", BOURSE_ERROR_PERMISSION},
    {"102411", BOURSE_ERROR_BANNED},
    {"103000", BOURSE_ERROR_INSUFFICIENT_FUNDS}, /* how much may be borrowed */
    {"112010", BOURSE_ERROR_PERMISSION}, /* the account is no unified one */
    {"126003", BOURSE_ERROR_INVALID_ORDER},
    {"126004", BOURSE_ERROR_MARKET_CLOSED},
    {"126005", BOURSE_ERROR_PERMISSION},
    {"126006", BOURSE_ERROR_MARKET_CLOSED},
    {"126007", BOURSE_ERROR_MARKET_CLOSED},
    {"126009", BOURSE_ERROR_MARKET_CLOSED},
    {"126011", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"126013", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"126022", BOURSE_ERROR_INVALID_ORDER},
    {"126033", BOURSE_ERROR_DUPLICATE_ORDER},
    {"126041", BOURSE_ERROR_TIMESTAMP},
    {"126043", BOURSE_ERROR_ORDER_NOT_FOUND},
    {"126044", BOURSE_ERROR_DUPLICATE_ORDER},
    {"126047", BOURSE_ERROR_PERMISSION},
    {"126048", BOURSE_ERROR_PERMISSION},
    {"130203", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"130301", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"200001", BOURSE_ERROR_MARKET_CLOSED},
    {"200002", BOURSE_ERROR_MARKET_CLOSED},
    {"200003", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"200004", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"200005", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"200009", BOURSE_ERROR_PERMISSION},
    {"210014", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"210021", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"230003", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"260000", BOURSE_ERROR_BAD_REQUEST},
    {"260100", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"260200", BOURSE_ERROR_PERMISSION},
    {"260210", BOURSE_ERROR_UNAVAILABLE},
    {"260220", BOURSE_ERROR_NOT_FOUND},
    {"260325", BOURSE_ERROR_PERMISSION},
    {"300000", BOURSE_ERROR_INVALID_ORDER},
    {"300001", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"300002", BOURSE_ERROR_MARKET_CLOSED},
    {"300003", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"300004", BOURSE_ERROR_TOO_MANY_ORDERS},
    {"300005", BOURSE_ERROR_POSITION},
    {"300006", BOURSE_ERROR_INVALID_ORDER},
    {"300009", BOURSE_ERROR_POSITION}, /* none to close; these are "position" at the other exchanges as well */
    {"300012", BOURSE_ERROR_INVALID_ORDER},
    {"330005", BOURSE_ERROR_POSITION}, /* the order's mode of margin is not the market's */
    {"330008", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"330011", BOURSE_ERROR_POSITION},
    {"330012", BOURSE_ERROR_POSITION},
    {"400001", BOURSE_ERROR_AUTH},
    {"400002", BOURSE_ERROR_TIMESTAMP},
    {"400003", BOURSE_ERROR_AUTH},
    {"400004", BOURSE_ERROR_AUTH},
    {"400005", BOURSE_ERROR_AUTH},
    {"400006", BOURSE_ERROR_PERMISSION},
    {"400007", BOURSE_ERROR_PERMISSION},
    {"400008", BOURSE_ERROR_AUTH},
    {"400009", BOURSE_ERROR_AUTH},
    {"400010", BOURSE_ERROR_PERMISSION},
    {"400011", BOURSE_ERROR_AUTH},
    {"400012", BOURSE_ERROR_AUTH},
    {"400100", BOURSE_ERROR_BAD_REQUEST},
    {"400200", BOURSE_ERROR_PERMISSION},
    {"400301", BOURSE_ERROR_LOCATION},
    {"400303", BOURSE_ERROR_PERMISSION},
    {"400330", BOURSE_ERROR_INVALID_ORDER},
    {"400350", BOURSE_ERROR_INVALID_ORDER},
    {"400370", BOURSE_ERROR_INVALID_ORDER},
    {"400400", BOURSE_ERROR_BAD_REQUEST},
    {"400401", BOURSE_ERROR_AUTH},
    {"400500", BOURSE_ERROR_LOCATION},
    {"400600", BOURSE_ERROR_BAD_SYMBOL},
    {"400700", BOURSE_ERROR_PERMISSION},
    {"400760", BOURSE_ERROR_INVALID_ORDER},
    {"401000", BOURSE_ERROR_BAD_REQUEST}, /* given up; "unsupported" says that nothing was sent */
    {"404000", BOURSE_ERROR_BAD_REQUEST},
    {"408000", BOURSE_ERROR_FATE_UNKNOWN},
    {"411100", BOURSE_ERROR_PERMISSION},
    {"415000", BOURSE_ERROR_BAD_REQUEST},
    {"429000", BOURSE_ERROR_RATE_LIMITED},
    {"500000", BOURSE_ERROR_UNAVAILABLE},
    {"600100", BOURSE_ERROR_INVALID_ORDER},
    {"600101", BOURSE_ERROR_INVALID_ORDER},
    {"600203", BOURSE_ERROR_MARKET_CLOSED},
    {"900001", BOURSE_ERROR_BAD_SYMBOL},
    {"900014", BOURSE_ERROR_BAD_REQUEST},
    /* As batches of futures tell them of one order. */
    {"50002", BOURSE_ERROR_POSITION},
    /* Of subscriptions. */
    {"404", BOURSE_ERROR_BAD_REQUEST},
    {"406", BOURSE_ERROR_AUTH},
    {"401", BOURSE_ERROR_AUTH},
    {"403", BOURSE_ERROR_PERMISSION},
    {"500", BOURSE_ERROR_UNAVAILABLE},
    {"509", BOURSE_ERROR_RATE_LIMITED},
};

/* A text decides where the code only says that something about the request is wrong, or that it went well. */
static int32_t is_vague(bourse_slice code, int32_t error) {
  return error == 0 || error == BOURSE_ERROR_BAD_REQUEST || error == BOURSE_ERROR_INVALID_ORDER ||
         error == BOURSE_ERROR_REFUSED || bourse_slice_is(code, "200002");
}

int32_t bourse__kucoin_error_code(bourse_slice code, bourse_slice message) {
  int32_t error = bourse_error_of(BOURSE_ROWS(rows), code);
  int32_t told = is_vague(code, error) ? bourse_error_by_text(BOURSE_ROWS(texts), code, message) : 0;
  return told != 0 ? told : error != 0 ? error : BOURSE_ERROR_REFUSED;
}

/* Ordinary and conditional orders are two services: an order named by the client's id is not there when neither has it. */
static int32_t looks_on(bourse_call *call, int32_t error) {
  const bourse_request *request = call->request;
  int32_t asks = call->operation == BOURSE_OP_FETCH_ORDER && request->trigger != BOURSE_NO;
  int32_t cancels = call->operation == BOURSE_OP_CANCEL_ORDER && request->trigger == 0;
  if (error != BOURSE_ERROR_ORDER_NOT_FOUND || request->client_order_id == NULL || bourse_is_futures(call) ||
      bourse__kucoin_is_unified(call) || call->scratch[SCRATCH_STAGE] != 0 || (!asks && !cancels))
    return 0;
  call->scratch[SCRATCH_STAGE] = 1;
  return 1;
}

/* Pairs are one of several services asked: where the exchange has given it up, there are none. */
static int32_t is_given_up(const bourse_call *call, bourse_slice code) {
  return call->scratch[SCRATCH_STAGE] == KUCOIN_ASK_PAIRS &&
         (call->operation == BOURSE_OP_CANCEL_ALL_ORDERS || call->endpoint->operation != call->operation) &&
         call->operation != BOURSE_OP_FETCH_OPEN_ORDER_LISTS &&
         (bourse_slice_is(code, "401000") || bourse_slice_is(code, "404000"));
}

int32_t bourse__kucoin_refused(bourse_call *call, bourse_slice code, bourse_slice message, bourse_slice data) {
  int32_t error = bourse__kucoin_error_code(code, message);
  int32_t served = call->endpoint->operation;
  (void)data;
  if (looks_on(call, error)) return BOURSE_CONTINUE;
  if (is_given_up(call, code)) return BOURSE_DONE;
  int32_t told =
      bourse_refuse(call, error, code, message, served == BOURSE_OP_CREATE_ORDERS || served == BOURSE_OP_CANCEL_ORDERS);
  if (bourse_slice_is(code, "1015")) bourse_set_retry_after(call, 30000);
  return told;
}

/* Milliseconds until the pool is full again. */
static int64_t reset_told_ms(const bourse_http_reply *reply) {
  for (uint32_t i = 0; i < reply->header_count; i++)
    if (strcmp(reply->headers[i].name, "gw-ratelimit-reset") == 0) {
      int64_t ms = bourse_slice_int(bourse_slice_of(reply->headers[i].value));
      return ms > 0 && ms < 86400000 ? ms : 0;
    }
  return 0;
}

static const bourse_envelope shape = {"code", "200000", "msg", "data"};

int32_t bourse__kucoin_error(bourse_call *call, const bourse_http_reply *reply) {
  int32_t code = bourse_unwrap_error(call, reply, &shape, bourse__kucoin_refused);
  if (code == BOURSE_ERROR_RATE_LIMITED) {
    int64_t wait_ms = reset_told_ms(reply);
    if (wait_ms > 0) bourse_set_retry_after(call, wait_ms);
  }
  return code;
}
