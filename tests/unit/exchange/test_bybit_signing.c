/* test_bybit_signing.c - what is signed and sent, byte for byte; which keys and settings a handle takes. The vectors were made
 * with OpenSSL. */
#include <bourse.h>
#include <bourse/sys/transport.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define NOW_NS (INT64_C(1700000000000) * 1000000)

typedef struct stage {
  bourse_context *context;
  bourse_exchange *exchange;
  char *url;
  char *body;
  char *headers[4];
} stage;

static const char *const header_names[] = {"X-BAPI-API-KEY", "X-BAPI-TIMESTAMP", "X-BAPI-RECV-WINDOW", "X-BAPI-SIGN"};

static int64_t stage_now(void *user_data) {
  (void)user_data;
  return NOW_NS;
}

static int32_t stage_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  static const char answer[] = "{\"retCode\":0,\"retMsg\":\"OK\",\"result\":{}}";
  stage *s = user_data;
  s->url = strdup(request->url);
  s->body = strndup(request->body == NULL ? "" : request->body, request->body_length);
  for (uint32_t i = 0; i < request->header_count; i++)
    for (int k = 0; k < 4; k++)
      if (strcmp(request->headers[i].name, header_names[k]) == 0) s->headers[k] = strdup(request->headers[i].value);
  bourse_http_reply reply = {.struct_size = sizeof reply,
                             .http_status = 200,
                             .sent = BOURSE_YES,
                             .body = answer,
                             .body_length = sizeof answer - 1,
                             .received_ns = NOW_NS};
  bourse_transport_complete(token, &reply);
  return BOURSE_OK;
}

static void stage_cancel(void *user_data, bourse_exchange_token *token) {
  (void)user_data;
  (void)token;
}

static void stage_run(void *user_data) { (void)user_data; }

static int32_t stage_open(stage *s, const char *secret, const bourse_param *setting) {
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
  context_options.transport = &transport;
  context_options.clock = (bourse_clock){s, stage_now, stage_now};
  keys.api_key = "libxchg-api-key-0001";
  keys.secret = secret;
  options.credentials = &keys;
  options.clock_sync = BOURSE_NO;
  options.settings = setting;
  options.setting_count = setting == NULL ? 0 : 1;
  CHECK_INT(bourse_context_new(&s->context, &context_options), BOURSE_OK);
  return bourse_open(&s->exchange, s->context, "bybit", &options);
}

static void stage_close(stage *s) {
  bourse_close(s->exchange);
  bourse_context_free(s->context);
  free(s->url);
  free(s->body);
  for (int k = 0; k < 4; k++) free(s->headers[k]);
}

/* A raw call, whose parameters go out as they are given: name, value, ..., NULL. */
static void check_vector(const char *method, const char *path, const char *const *pairs, const char *url,
                         const char *body, const char *signature) {
  stage s;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CALL_RAW);
  bourse_param params[16];
  bourse_result *result;
  CHECK_INT(stage_open(&s, "libxchg-secret-0001", NULL), BOURSE_OK);
  memset(params, 0, sizeof params);
  for (; *pairs != NULL; pairs += 2, request.param_count++) {
    params[request.param_count].name = pairs[0];
    params[request.param_count].value = pairs[1];
  }
  request.method = method;
  request.path = path;
  request.params = params;
  CHECK_INT(bourse_execute(&result, s.exchange, &request), BOURSE_OK);
  bourse_result_free(result);
  CHECK_STR(s.url, url);
  CHECK_STR(s.body, body);
  CHECK_STR(s.headers[0], "libxchg-api-key-0001");
  CHECK_STR(s.headers[1], "1700000000000");
  CHECK_STR(s.headers[2], "5000");
  CHECK_STR(s.headers[3], signature);
  stage_close(&s);
}

TEST(query) {
  static const char *const pairs[] = {"category", "linear", "symbol", "BTCUSDT", "limit", "50", NULL};
  check_vector("GET", "/v5/order/realtime", pairs,
               "https://api.bybit.com/v5/order/realtime?category=linear&symbol=BTCUSDT&limit=50", "",
               "a6c19090e061d9c7cb05c7f5bd13d4028ec5c68bb325fa22627a8297a0c19ea2");
}

TEST(nothing) {
  static const char *const pairs[] = {NULL};
  check_vector("GET", "/v5/user/query-api", pairs, "https://api.bybit.com/v5/user/query-api", "",
               "77fb878d3129e55fefdbe85ff06a1a5dc45ea787e4be17c71496e24d130dba77");
}

TEST(json_body) {
  static const char *const pairs[] = {"category",    "linear", "symbol",      "BTCUSDT", "side",  "Buy",
                                      "orderType",   "Limit",  "qty",         "0.001",   "price", "25000.1",
                                      "timeInForce", "GTC",    "orderLinkId", "lx-1",    NULL};
  check_vector(
      "POST", "/v5/order/create", pairs, "https://api.bybit.com/v5/order/create",
      "{\"category\":\"linear\",\"symbol\":\"BTCUSDT\",\"side\":\"Buy\",\"orderType\":\"Limit\",\"qty\":\"0.001\","
      "\"price\":\"25000.1\",\"timeInForce\":\"GTC\",\"orderLinkId\":\"lx-1\"}",
      "ef774a00a6efa20661268d9c57a19857c5fb5930ed03f1ad3a673c46d97b45da");
}

/* Cursors come with escapes; they go back as they came. */
TEST(cursor_unchanged) {
  static const char markets[] =
      "{\"retCode\":0,\"retMsg\":\"OK\",\"result\":{\"list\":[{\"symbol\":\"BTCUSDT\",\"contractType\":"
      "\"LinearPerpetual\","
      "\"status\":\"Trading\",\"baseCoin\":\"BTC\",\"quoteCoin\":\"USDT\",\"settleCoin\":\"USDT\"}]}}";
  stage s;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_MY_TRADES);
  bourse_result *result;
  CHECK_INT(stage_open(&s, "libxchg-secret-0001", NULL), BOURSE_OK);
  CHECK_INT(bourse_markets_load(s.exchange, BOURSE_PRODUCT_LINEAR, markets, sizeof markets - 1), BOURSE_OK);
  request.symbol = "BTC/USDT:USDT";
  request.cursor = "page_args%3Dfd4300ae-7847%26symbol%3D6%26";
  bourse_execute(&result, s.exchange, &request);
  bourse_result_free(result);
  CHECK_STR(s.url,
            "https://api.bybit.com/v5/execution/list?category=linear&symbol=BTCUSDT&execType=Trade&"
            "cursor=page_args%3Dfd4300ae-7847%26symbol%3D6%26");
  stage_close(&s);
}

TEST(keys_of_other_kinds) {
  static const char ed25519[] =
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE "
      "KEY-----\n";
  stage s;
  CHECK_INT(stage_open(&s, ed25519, NULL), BOURSE_ERROR_CREDENTIALS);
  CHECK(strstr(bourse_context_error(s.context)->message, "HMAC secrets and RSA keys") != NULL);
  stage_close(&s);
}

TEST(settings) {
  static const bourse_param unknown = {"tier", "pro", 0, 0}, coins = {"option_coins", "BTC,ETH", 0, 0},
                            empty = {"option_coins", "", 0, 0}, gap = {"option_coins", "BTC,,ETH", 0, 0};
  stage s;
  CHECK_INT(stage_open(&s, "libxchg-secret-0001", &coins), BOURSE_OK);
  stage_close(&s);
  const bourse_param *const wrong[] = {&unknown, &empty, &gap};
  for (int i = 0; i < 3; i++) {
    CHECK_INT(stage_open(&s, "libxchg-secret-0001", wrong[i]), BOURSE_ERROR_ARGUMENT);
    CHECK(strstr(bourse_context_error(s.context)->message, "option_coins") != NULL);
    stage_close(&s);
  }
}

TEST_MAIN()
