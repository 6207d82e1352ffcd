/* test_okx_signing.c - what is signed and sent, byte for byte: the worked examples of the exchange's scheme, made with OpenSSL;
 * demo trading, regions, and until when a request holds. */
#include <bourse.h>
#include <bourse/sys/transport.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

/* 2026-01-01T00:00:00Z */
#define NOW_NS INT64_C(1767225600000000000)

typedef struct stage {
  bourse_context *context;
  bourse_exchange *exchange;
  char url[512];
  char body[512];
  char headers[1024]; /* "name: value\n", of each */
  size_t sent;
} stage;

static int64_t stage_now(void *user_data) {
  (void)user_data;
  return NOW_NS;
}

static int32_t stage_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  static const char body[] = "{\"code\":\"0\",\"msg\":\"\",\"data\":[]}";
  stage *s = user_data;
  size_t used = 0;
  s->sent++;
  snprintf(s->url, sizeof s->url, "%s", request->url);
  snprintf(s->body, sizeof s->body, "%.*s", (int)request->body_length, request->body == NULL ? "" : request->body);
  s->headers[0] = '\0';
  for (uint32_t i = 0; i < request->header_count && used < sizeof s->headers; i++)
    used += (size_t)snprintf(s->headers + used, sizeof s->headers - used, "%s: %s\n", request->headers[i].name,
                             request->headers[i].value);
  bourse_http_reply reply = {.struct_size = sizeof reply,
                             .http_status = 200,
                             .sent = BOURSE_YES,
                             .body = body,
                             .body_length = sizeof body - 1,
                             .received_ns = NOW_NS};
  bourse_transport_complete(token, &reply);
  return BOURSE_OK;
}

static void stage_cancel(void *user_data, bourse_exchange_token *token) {
  (void)user_data;
  (void)token;
}

static int32_t stage_open(stage *s, int32_t environment, const char *region) {
  bourse_transport transport = {.struct_size = sizeof transport,
                                .api_version = BOURSE_API_VERSION,
                                .user_data = s,
                                .send = stage_send,
                                .cancel = stage_cancel};
  bourse_context_options context_options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_param setting = {.name = "region", .value = region};
  memset(s, 0, sizeof *s);
  context_options.transport = &transport;
  context_options.clock = (bourse_clock){s, stage_now, stage_now};
  keys.api_key = "K";
  keys.secret = "0123456789ABCDEF0123456789ABCDEF";
  keys.passphrase = "P";
  keys.environment = environment;
  options.credentials = &keys;
  options.clock_sync = BOURSE_NO;
  options.settings = &setting;
  options.setting_count = region == NULL ? 0 : 1;
  CHECK_INT(bourse_context_new(&s->context, &context_options), BOURSE_OK);
  return bourse_open(&s->exchange, s->context, "okx", &options);
}

static void stage_close(stage *s) {
  bourse_close(s->exchange);
  bourse_context_free(s->context);
}

static void call_raw(stage *s, const char *method, const char *path, const bourse_param *params, uint32_t count) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CALL_RAW);
  bourse_result *result = NULL;
  request.method = method;
  request.path = path;
  request.params = params;
  request.param_count = count;
  CHECK_INT(bourse_execute(&result, s->exchange, &request), BOURSE_OK);
  bourse_result_free(result);
}

#define CHECK_HEADER(stage_, line_) CHECK_INT(strstr((stage_)->headers, line_ "\n") != NULL, 1)

TEST(requests_without_parameters) {
  stage s;
  CHECK_INT(stage_open(&s, 0, NULL), BOURSE_OK);
  call_raw(&s, "GET", "/api/v5/account/config", NULL, 0);
  CHECK_STR(s.url, "https://www.okx.com/api/v5/account/config");
  CHECK_HEADER(&s, "OK-ACCESS-SIGN: 1HaRcjClAGdHM04/F+gjat2WEebsF8886XfRwLfR+aU=");
  CHECK_HEADER(&s, "OK-ACCESS-TIMESTAMP: 2026-01-01T00:00:00.000Z");
  CHECK_HEADER(&s, "OK-ACCESS-KEY: K");
  CHECK_HEADER(&s, "OK-ACCESS-PASSPHRASE: P");
  CHECK_INT(strstr(s.headers, "x-simulated-trading") == NULL, 1);
  stage_close(&s);
}

/* The query is signed as it is sent, percent-encoded. */
TEST(a_query_is_signed_as_sent) {
  static const bourse_param params[] = {{.name = "ccy", .value = "BTC,USDT"}};
  stage s;
  CHECK_INT(stage_open(&s, 0, NULL), BOURSE_OK);
  call_raw(&s, "GET", "/api/v5/account/balance", params, 1);
  CHECK_STR(s.url, "https://www.okx.com/api/v5/account/balance?ccy=BTC%2CUSDT");
  CHECK_HEADER(&s, "OK-ACCESS-SIGN: prg2bdbtpXKhGZERi6xJLv90bRU/WYDUPAE6kIOoWfk=");
  stage_close(&s);
}

TEST(a_body_is_signed_as_sent) {
  static const bourse_param params[] = {{.name = "instId", .value = "BTC-USDT"}, {.name = "tdMode", .value = "cash"},
                                        {.name = "clOrdId", .value = "lx0001"},  {.name = "side", .value = "buy"},
                                        {.name = "ordType", .value = "limit"},   {.name = "px", .value = "60000"},
                                        {.name = "sz", .value = "0.001"}};
  stage s;
  CHECK_INT(stage_open(&s, 0, NULL), BOURSE_OK);
  call_raw(&s, "POST", "/api/v5/trade/order", params, 7);
  CHECK_STR(
      s.body,
      "{\"instId\":\"BTC-USDT\",\"tdMode\":\"cash\",\"clOrdId\":\"lx0001\",\"side\":\"buy\",\"ordType\":\"limit\","
      "\"px\":\"60000\",\"sz\":\"0.001\"}");
  CHECK_HEADER(&s, "OK-ACCESS-SIGN: 4zFatYpC8v37DjDSWmxdVswKe+pK/6/pYzri2CH9TRk=");
  CHECK_HEADER(&s, "Content-Type: application/json");
  stage_close(&s);
}

TEST(demo_trading_is_on_the_live_host_and_says_so) {
  stage s;
  CHECK_INT(stage_open(&s, BOURSE_DEMO, NULL), BOURSE_OK);
  call_raw(&s, "GET", "/api/v5/account/config", NULL, 0);
  CHECK_STR(s.url, "https://www.okx.com/api/v5/account/config");
  CHECK_HEADER(&s, "x-simulated-trading: 1");
  stage_close(&s);
  CHECK_INT(stage_open(&s, BOURSE_TESTNET, NULL), BOURSE_OK);
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_TIME);
  bourse_result *result = NULL;
  CHECK_INT(bourse_execute(&result, s.exchange, &request), BOURSE_ERROR_UNSUPPORTED);
  CHECK_INT(s.sent, 0);
  stage_close(&s);
}

TEST(regions_have_hosts_of_their_own) {
  static const struct {
    const char *region;
    const char *url;
  } regions[] = {{"global", "https://www.okx.com/api/v5/public/time"},
                 {"eea", "https://eea.okx.com/api/v5/public/time"},
                 {"us", "https://us.okx.com/api/v5/public/time"}};
  stage s;
  for (size_t i = 0; i < 3; i++) {
    CHECK_INT(stage_open(&s, 0, regions[i].region), BOURSE_OK);
    call_raw(&s, "GET", "/api/v5/public/time", NULL, 0);
    CHECK_STR(s.url, regions[i].url);
    stage_close(&s);
  }
  CHECK_INT(stage_open(&s, 0, "moon"), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(strstr(bourse_context_error(s.context)->message, "moon") != NULL, 1);
  stage_close(&s);
}

TEST_MAIN()
