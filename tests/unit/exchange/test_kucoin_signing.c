/* test_kucoin_signing.c - what is signed and sent, byte for byte: worked examples of the exchange's scheme, checked with
 * OpenSSL; and the versions of keys. */
#include <bourse.h>
#include <bourse/sys/transport.h>

#include <stdio.h>
#include <string.h>

#include "test.h"

/* 2026-01-01T00:00:00Z */
#define NOW_NS INT64_C(1767225600000000000)

typedef struct stage {
  bourse_context *context;
  bourse_exchange *exchange;
  char url[512];
  char headers[1024]; /* "name: value\n", of each */
  size_t sent;
} stage;

static int64_t stage_now(void *user_data) {
  (void)user_data;
  return NOW_NS;
}

static int32_t stage_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  static const char body[] = "{\"code\":\"200000\",\"data\":{}}";
  stage *s = user_data;
  size_t used = 0;
  s->sent++;
  snprintf(s->url, sizeof s->url, "%s", request->url);
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

static int32_t stage_open(stage *s, const char *version) {
  bourse_transport transport = {.struct_size = sizeof transport,
                                .api_version = BOURSE_API_VERSION,
                                .user_data = s,
                                .send = stage_send,
                                .cancel = stage_cancel};
  bourse_context_options context_options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  bourse_param setting = {.name = "key_version", .value = version};
  memset(s, 0, sizeof *s);
  context_options.transport = &transport;
  context_options.clock = (bourse_clock){s, stage_now, stage_now};
  keys.api_key = "65f0c0ffee0123456789abcd";
  keys.secret = "00000000-1111-2222-3333-444444444444";
  keys.passphrase = "demo-passphrase";
  options.credentials = &keys;
  options.clock_sync = BOURSE_NO;
  options.settings = &setting;
  options.setting_count = version == NULL ? 0 : 1;
  CHECK_INT(bourse_context_new(&s->context, &context_options), BOURSE_OK);
  return bourse_open(&s->exchange, s->context, "kucoin", &options);
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
  bourse_execute(&result, s->exchange, &request);
  bourse_result_free(result);
}

static int has(const stage *s, const char *line) { return strstr(s->headers, line) != NULL; }

TEST(kucoin_signs_as_the_worked_examples_say) {
  static const bourse_param fills[] = {{.name = "symbol", .value = "BTC-USDT"}, {.name = "limit", .value = "100"}};
  static const bourse_param one[] = {{.name = "symbol", .value = "BTC-USDT"}};
  stage s;
  CHECK_INT(stage_open(&s, NULL), BOURSE_OK);
  call_raw(&s, "GET", "/api/v1/hf/fills", fills, 2);
  CHECK_INT(s.sent, 1);
  CHECK(strcmp(s.url, "https://api.kucoin.com/api/v1/hf/fills?symbol=BTC-USDT&limit=100") == 0);
  CHECK(has(&s, "KC-API-KEY: 65f0c0ffee0123456789abcd\n"));
  CHECK(has(&s, "KC-API-TIMESTAMP: 1767225600000\n"));
  CHECK(has(&s, "KC-API-PASSPHRASE: PJYYpwNL/uwckCsVzvdns9Yc9gOFNOALzWf4ZWVFlac=\n"));
  CHECK(has(&s, "KC-API-SIGN: N3eUsOt46O179+HL86FbLbYmChdrqXJ1pW4TNzWcVJ8=\n"));
  CHECK(has(&s, "KC-API-KEY-VERSION: 3\n"));
  call_raw(&s, "DELETE", "/api/v1/hf/orders/client-order/lx0001", one, 1);
  CHECK(has(&s, "KC-API-SIGN: R87kmM5yyWCAylEvrb4la9scl9yG7t5jQgVVvZ8mD70=\n"));
  call_raw(&s, "POST", "/api/v1/bullet-private", NULL, 0);
  CHECK(has(&s, "KC-API-SIGN: 7zToAV2plcKXk7JlIBriys53oeIGwYcPVKvhONiBi5s=\n"));
  stage_close(&s);
}

TEST(kucoin_names_the_version_of_the_key) {
  stage s;
  CHECK_INT(stage_open(&s, "2"), BOURSE_OK);
  call_raw(&s, "GET", "/api/v1/accounts", NULL, 0);
  CHECK(has(&s, "KC-API-KEY-VERSION: 2\n"));
  stage_close(&s);
  CHECK_INT(stage_open(&s, "7"), BOURSE_ERROR_ARGUMENT);
  bourse_context_free(s.context);
}

TEST_MAIN()
