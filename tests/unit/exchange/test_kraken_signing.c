/* test_kraken_signing.c - what is signed and sent on spot, byte for byte; whose key goes where; nonces; what orders take from
 * the matching engine's counters. The first vector is that of the exchange's documentation, the second of its own client for
 * Go, the rest were made with OpenSSL. */
#include <bourse.h>
#include <bourse/sys/transport.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define NOW_NS   (INT64_C(1700000000000) * 1000000)
#define SENT_MAX 64

typedef struct stage {
  bourse_context *context;
  bourse_exchange *exchange;
  int64_t now_ns;
  int64_t tick_ns; /* that the clock goes on by while a call waits */
  const char *reply;
  const char *const *replies; /* instead of it, by turns; NULL: the connection broke */
  char *body[SENT_MAX];
  char *signature[SENT_MAX];
  char *type[SENT_MAX];
  size_t sent;
} stage;

static int64_t stage_now(void *user_data) { return ((stage *)user_data)->now_ns; }

static int32_t stage_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  stage *s = user_data;
  const char *body = s->replies != NULL ? s->replies[s->sent] : s->reply;
  if (s->sent < SENT_MAX) {
    s->body[s->sent] = strndup(request->body == NULL ? "" : request->body, request->body_length);
    for (uint32_t i = 0; i < request->header_count; i++) {
      if (strcmp(request->headers[i].name, "API-Sign") == 0) s->signature[s->sent] = strdup(request->headers[i].value);
      if (strcmp(request->headers[i].name, "Content-Type") == 0) s->type[s->sent] = strdup(request->headers[i].value);
    }
    s->sent++;
  }
  bourse_http_reply reply = {.struct_size = sizeof reply,
                             .http_status = 200,
                             .sent = BOURSE_YES,
                             .error = body == NULL ? BOURSE_ERROR_DISCONNECTED : BOURSE_OK,
                             .body = body,
                             .body_length = body == NULL ? 0 : strlen(body),
                             .received_ns = s->now_ns};
  bourse_transport_complete(token, &reply);
  return BOURSE_OK;
}

static void stage_cancel(void *user_data, bourse_exchange_token *token) {
  (void)user_data;
  (void)token;
}

/* Nothing happens here but that time goes by. */
static void stage_run(void *user_data) {
  stage *s = user_data;
  s->now_ns += s->tick_ns;
}

static const char markets[] =
    "{\"error\":[],\"result\":{\"XXBTZUSD\":{\"altname\":\"XBTUSD\",\"wsname\":\"XBT/USD\",\"base\":\"XXBT\",\"quote\":"
    "\"ZUSD\",\"tick_size\":\"0.1\",\"lot_decimals\":8,\"status\":\"online\"},\"XDGUSD\":{\"altname\":\"XDGUSD\","
    "\"wsname\":\"XDG/USD\",\"base\":\"XXDG\",\"quote\":\"ZUSD\",\"tick_size\":\"0.1\",\"lot_decimals\":8}}}";

static void stage_open(stage *s, const char *secret, int32_t product) {
  bourse_transport transport = {.struct_size = sizeof transport,
                                .api_version = BOURSE_API_VERSION,
                                .user_data = s,
                                .send = stage_send,
                                .cancel = stage_cancel,
                                .run = stage_run};
  bourse_context_options context_options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  memset(s, 0, sizeof *s);
  s->now_ns = NOW_NS;
  s->reply = "{\"error\":[],\"result\":{\"txid\":[\"O1\"],\"count\":1}}";
  context_options.transport = &transport;
  context_options.clock = (bourse_clock){s, stage_now, stage_now};
  keys.api_key = "the-key";
  keys.secret = secret;
  options.credentials = &keys;
  options.product = product;
  options.wait_for_limits = BOURSE_NO;
  CHECK_INT(bourse_context_new(&s->context, &context_options), BOURSE_OK);
  CHECK_INT(bourse_open(&s->exchange, s->context, "kraken", &options), BOURSE_OK);
  CHECK_INT(bourse_markets_load(s->exchange, BOURSE_PRODUCT_SPOT, markets, sizeof markets - 1), BOURSE_OK);
}

static void stage_close(stage *s) {
  bourse_close(s->exchange);
  bourse_context_free(s->context);
  for (size_t i = 0; i < s->sent; i++) {
    free(s->body[i]);
    free(s->signature[i]);
    free(s->type[i]);
  }
}

/* A raw call, whose parameters go out as they are given: name, value, ..., NULL. */
static int32_t call_raw(stage *s, const char *host, const char *path, const char *const *pairs) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CALL_RAW);
  bourse_param params[16];
  bourse_result *result;
  memset(params, 0, sizeof params);
  for (; *pairs != NULL; pairs += 2, request.param_count++) {
    params[request.param_count].name = pairs[0];
    params[request.param_count].value = pairs[1];
  }
  request.method = "POST";
  request.path = path;
  request.host = host;
  request.params = params;
  int32_t code = bourse_execute(&result, s->exchange, &request);
  bourse_result_free(result);
  return code;
}

static const char other_secret[] =
    "bGlieGNoZy1kdW1teS1zZWNyZXQtZm9yLWtyYWtlbi1zcG90LTAxMjM0NTY3ODktYWJjZGVmZ2hpamtsbW5vcA==";

static void check_vector(const char *secret, const char *path, const char *const *pairs, const char *body,
                         const char *signature) {
  stage s;
  stage_open(&s, secret, BOURSE_PRODUCT_SPOT);
  CHECK_INT(call_raw(&s, NULL, path, pairs), BOURSE_OK);
  CHECK_STR(s.body[0], body);
  CHECK_STR(s.signature[0], signature);
  CHECK_STR(s.type[0], "application/x-www-form-urlencoded");
  stage_close(&s);
}

TEST(as_documented) {
  static const char *const order[] = {"nonce", "1616492376594", "ordertype", "limit",  "pair", "XBTUSD", "price",
                                      "37500", "type",          "buy",       "volume", "1.25", NULL};
  check_vector(
      "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==", "/0/private/AddOrder",
      order, "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25",
      "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==");
}

TEST(nonce_alone) {
  static const char *const nonce[] = {"nonce", "1700000000000000000", NULL};
  check_vector("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "/0/private/Balance", nonce, "nonce=1700000000000000000",
               "6i7+cpXVLDDnDOekgsRcgFQhkYFyPDSSxhSVA8OrA6vjziXcy2K1DP3n7f9B/Kgni71WjBSQusZKxduRsdF20Q==");
}

TEST(order_with_client_id) {
  static const char *const order[] = {
      "nonce",       "1767225600001", "pair",    "XBTUSD", "type", "buy",       "ordertype",
      "limit",       "price",         "27500.0", "volume", "1.25", "cl_ord_id", "6d1b345e-2821-40e2-ad83-4ecb18a06876",
      "timeinforce", "GTC",           "oflags",  "post",   NULL};
  check_vector(other_secret, "/0/private/AddOrder", order,
               "nonce=1767225600001&pair=XBTUSD&type=buy&ordertype=limit&price=27500.0&volume=1.25&"
               "cl_ord_id=6d1b345e-2821-40e2-ad83-4ecb18a06876&timeinforce=GTC&oflags=post",
               "s6U5blB+zQGosgx890ILh08HWeCaTmDZYbDy9Tc4IZPcaN99eqxVopgAqWb02ZrOBOcv2vVQRrKIAXOFiXVPEQ==");
}

TEST(one_time_password) {
  static const char *const balance[] = {"nonce", "1767225600002", "otp", "123456", NULL};
  check_vector(other_secret, "/0/private/Balance", balance, "nonce=1767225600002&otp=123456",
               "DCBJVGhqVuD9u6ca5PTHlN5q07A8ZEGjpBxVZp4ECK4U9k6rI4T6Tejf3ZwsRorCmHdWGX9W6YE81Ec/+71PSg==");
}

TEST(nonces_grow_where_the_clock_stands) {
  static const char *const none[] = {NULL};
  stage s;
  stage_open(&s, other_secret, BOURSE_PRODUCT_SPOT);
  for (int i = 0; i < 3; i++) CHECK_INT(call_raw(&s, NULL, "/0/private/Balance", none), BOURSE_OK);
  CHECK_STR(s.body[0], "nonce=1700000000000");
  CHECK_STR(s.body[1], "nonce=1700000000001");
  CHECK_STR(s.body[2], "nonce=1700000000002");
  stage_close(&s);
}

TEST(a_key_goes_to_its_own_host_only) {
  static const char *const none[] = {NULL};
  stage s;
  stage_open(&s, other_secret, BOURSE_PRODUCT_SPOT);
  CHECK_INT(call_raw(&s, "futures", "/derivatives/api/v3/sendorder", none), BOURSE_ERROR_CREDENTIALS);
  CHECK(strstr(bourse_context_error(s.context)->message, "this handle's key is for Kraken spot") != NULL);
  CHECK_INT(bourse_context_error(s.context)->outcome, BOURSE_OUTCOME_NOT_SENT);
  CHECK_INT(s.sent, 0);
  stage_close(&s);
  stage_open(&s, other_secret, BOURSE_PRODUCT_LINEAR);
  CHECK_INT(call_raw(&s, "spot", "/0/private/AddOrder", none), BOURSE_ERROR_CREDENTIALS);
  CHECK(strstr(bourse_context_error(s.context)->message, "this handle's key is for Kraken futures") != NULL);
  CHECK_INT(s.sent, 0);
  stage_close(&s);
}

static int32_t place(stage *s, const char *symbol) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  const bourse_order_request *list[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  bourse_result *result;
  order.symbol = symbol;
  order.side = BOURSE_SIDE_BUY;
  order.type = BOURSE_ORDER_MARKET;
  bourse_decimal_from_int64(&order.amount, 1);
  request.orders = list;
  request.order_count = 1;
  int32_t code = bourse_execute(&result, s->exchange, &request);
  bourse_result_free(result);
  return code;
}

static int32_t cancel(stage *s, const char *symbol) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CANCEL_ORDER);
  bourse_result *result;
  request.symbol = symbol;
  request.order_id = "O1";
  int32_t code = bourse_execute(&result, s->exchange, &request);
  bourse_result_free(result);
  return code;
}

/* 60 in a market, of which a fifth is kept for cancels; another market has a counter of its own; one drains a second, from a
 * tenth of a second on, by which requests may come closer on their way. */
TEST(orders_are_counted_by_market) {
  stage s;
  stage_open(&s, other_secret, BOURSE_PRODUCT_SPOT);
  for (int i = 0; i < 48; i++) CHECK_INT(place(&s, "BTC/USD"), BOURSE_OK);
  CHECK_INT(place(&s, "BTC/USD"), BOURSE_ERROR_RATE_LIMITED);
  CHECK_INT(bourse_context_error(s.context)->outcome, BOURSE_OUTCOME_NOT_SENT);
  CHECK_INT(place(&s, "DOGE/USD"), BOURSE_OK);
  s.now_ns += INT64_C(1100000000);
  CHECK_INT(place(&s, "BTC/USD"), BOURSE_OK);
  CHECK_INT(place(&s, "BTC/USD"), BOURSE_ERROR_RATE_LIMITED);
  stage_close(&s);
}

/* A cancel within five seconds takes eight, one after five minutes nothing. */
TEST(canceling_young_orders_costs) {
  stage s;
  stage_open(&s, other_secret, BOURSE_PRODUCT_SPOT);
  CHECK_INT(place(&s, "BTC/USD"), BOURSE_OK);
  for (int i = 0; i < 7; i++) CHECK_INT(cancel(&s, "BTC/USD"), BOURSE_OK); /* 57 of 60 */
  CHECK_INT(cancel(&s, "BTC/USD"), BOURSE_ERROR_RATE_LIMITED);
  s.now_ns += INT64_C(300) * 1000000000;
  for (int i = 0; i < 20; i++) CHECK_INT(cancel(&s, "BTC/USD"), BOURSE_OK);
  stage_close(&s);
}

/* fetch_orders asks twice; what the first answer told stays when the second request has to be repeated. */
TEST(a_repeated_second_request_keeps_what_the_first_told) {
  static const char open[] =
      "{\"error\":[],\"result\":{\"open\":{\"O1\":{\"status\":\"open\",\"opentm\":1,\"vol\":\"1\"}}}}";
  static const char closed[] =
      "{\"error\":[],\"result\":{\"closed\":{\"O2\":{\"status\":\"closed\",\"opentm\":2,\"vol\":\"1\"}},\"count\":1}}";
  static const char *const replies[] = {open, NULL, closed};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_ORDERS);
  bourse_result *result;
  stage s;
  stage_open(&s, other_secret, BOURSE_PRODUCT_SPOT);
  s.replies = replies;
  s.tick_ns = INT64_C(1000000000);
  CHECK_INT(bourse_execute(&result, s.exchange, &request), BOURSE_OK);
  CHECK_INT(s.sent, 3);
  CHECK_INT(bourse_result_count(result), 2);
  bourse_result_free(result);
  stage_close(&s);
}

TEST_MAIN()
