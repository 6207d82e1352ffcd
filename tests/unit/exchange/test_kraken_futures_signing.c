/* test_kraken_futures_signing.c - what is signed and sent to Kraken futures, byte for byte: parameters as they go out, the nonce
 * where there is one, and the path without /derivatives. The vectors were made with OpenSSL. */
#include <bourse.h>
#include <bourse/sys/transport.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

typedef struct stage {
  bourse_context *context;
  bourse_exchange *exchange;
  char *url, *body, *signature, *nonce, *key;
} stage;

static int64_t stage_now(void *user_data) {
  (void)user_data;
  return INT64_C(1767225600000) * 1000000;
}

static void keep(char **out, const char *text, size_t length) {
  free(*out);
  *out = strndup(text == NULL ? "" : text, length);
}

static int32_t stage_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  stage *s = user_data;
  keep(&s->url, request->url, strlen(request->url));
  keep(&s->body, request->body, request->body_length);
  for (uint32_t i = 0; i < request->header_count; i++) {
    const bourse_http_header *header = &request->headers[i];
    char **out = strcmp(header->name, "Authent") == 0  ? &s->signature
                 : strcmp(header->name, "Nonce") == 0  ? &s->nonce
                 : strcmp(header->name, "APIKey") == 0 ? &s->key
                                                       : NULL;
    if (out != NULL) keep(out, header->value, strlen(header->value));
  }
  bourse_http_reply reply = {.struct_size = sizeof reply,
                             .http_status = 200,
                             .sent = BOURSE_YES,
                             .body = "{\"result\":\"success\"}",
                             .body_length = 20};
  bourse_transport_complete(token, &reply);
  return BOURSE_OK;
}

static void stage_cancel(void *user_data, bourse_exchange_token *token) {
  (void)user_data;
  (void)token;
}

static void stage_run(void *user_data) { (void)user_data; }

static const char secret[] = "bGlieGNoZy1kdW1teS1zZWNyZXQtZm9yLWtyYWtlbi1mdXR1cmVzLTAxMjM0NTY3ODktYWJjZGVmZ2hpamtsbQ==";

/* nonce NULL: none is sent. */
static void stage_open(stage *s, const char *nonce) {
  bourse_transport transport = {.struct_size = sizeof transport,
                                .api_version = BOURSE_API_VERSION,
                                .user_data = s,
                                .send = stage_send,
                                .cancel = stage_cancel,
                                .run = stage_run};
  bourse_param settings[] = {{.name = "futures_nonce", .value = "yes"}, {.name = "nonce", .value = nonce}};
  bourse_context_options context_options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  memset(s, 0, sizeof *s);
  context_options.transport = &transport;
  context_options.clock = (bourse_clock){s, stage_now, stage_now};
  keys.api_key = "key-of-futures";
  keys.secret = secret;
  options.credentials = &keys;
  options.product = BOURSE_PRODUCT_LINEAR;
  if (nonce != NULL) {
    options.settings = settings;
    options.setting_count = 2;
  }
  CHECK_INT(bourse_context_new(&s->context, &context_options), BOURSE_OK);
  CHECK_INT(bourse_open(&s->exchange, s->context, "kraken", &options), BOURSE_OK);
}

static void stage_close(stage *s) {
  bourse_close(s->exchange);
  bourse_context_free(s->context);
  free(s->url);
  free(s->body);
  free(s->signature);
  free(s->nonce);
  free(s->key);
}

/* A raw call, whose parameters go out as they are given: name, value, ..., NULL. */
static void check_vector(const char *nonce, const char *method, const char *path, const char *const *pairs,
                         const char *url, const char *body, const char *signature) {
  stage s;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CALL_RAW);
  bourse_param params[16];
  bourse_result *result;
  stage_open(&s, nonce);
  memset(params, 0, sizeof params);
  for (; *pairs != NULL; pairs += 2, request.param_count++) {
    params[request.param_count].name = pairs[0];
    params[request.param_count].value = pairs[1];
  }
  request.method = method;
  request.path = path;
  request.host = "futures";
  request.params = params;
  CHECK_INT(bourse_execute(&result, s.exchange, &request), BOURSE_OK);
  bourse_result_free(result);
  CHECK_STR(s.url, url);
  CHECK_STR(s.body, body);
  CHECK_STR(s.key, "key-of-futures");
  CHECK_STR(s.nonce == NULL ? "" : s.nonce, nonce == NULL ? "" : nonce);
  CHECK_STR(s.signature, signature);
  stage_close(&s);
}

TEST(nothing_but_the_path) {
  static const char *const none[] = {NULL};
  check_vector(NULL, "GET", "/derivatives/api/v3/accounts", none,
               "https://futures.kraken.com/derivatives/api/v3/accounts", "",
               "Sg2YGpvrC8GDKxfp3+SUVpqFnhS7UtC8L+F5XdM7yF1rmLq0nET10uaQj4MEoBVmzsxDh71OhpfLeGIMVtfXVg==");
}

TEST(query_as_it_is_sent) {
  static const char *const since[] = {"lastFillTime", "2026-01-01T00:00:00.000Z", NULL};
  check_vector("1767225600000", "GET", "/derivatives/api/v3/fills", since,
               "https://futures.kraken.com/derivatives/api/v3/fills?lastFillTime=2026-01-01T00%3A00%3A00.000Z", "",
               "k9+sy7JPz4w3T2OL/kwOMwAf7UensaACrll3FkOzO8s9gBqitZxM3WYaDT9OHYtU2pP47EmqmUd4KX0mW2/OQg==");
}

TEST(form) {
  static const char *const order[] = {"orderType", "lmt",        "symbol", "PF_XBTUSD", "side",    "buy", "size",
                                      "0.01",      "limitPrice", "27500",  "cliOrdId",  "xg-0001", NULL};
  check_vector("1767225600001", "POST", "/derivatives/api/v3/sendorder", order,
               "https://futures.kraken.com/derivatives/api/v3/sendorder",
               "orderType=lmt&symbol=PF_XBTUSD&side=buy&size=0.01&limitPrice=27500&cliOrdId=xg-0001",
               "ijolVtoI6R+5D3BpYEOdPxBoZPMB2Q7KPvctAl28rl66/HS+Zs3xqhTrNWtxXOuzjSM6mmEVQG6PNgDFxi+7xQ==");
}

TEST(form_that_holds_json) {
  static const char *const batch[] = {"json", "{\"batchOrder\":[{\"order\":\"cancel\",\"order_id\":\"abc\"}]}", NULL};
  check_vector("1767225600002", "POST", "/derivatives/api/v3/batchorder", batch,
               "https://futures.kraken.com/derivatives/api/v3/batchorder",
               "json=%7B%22batchOrder%22%3A%5B%7B%22order%22%3A%22cancel%22%2C%22order_id%22%3A%22abc%22%7D%5D%7D",
               "YSxxFrhEm0RIew+scDWbQYY/Hb9OHiSHPLwvGTRi8y90KzqpEnrxxcExORxPMmJ+U5Hy8+Ovk7Kxipemz4/F7Q==");
}

TEST(the_history_is_signed_with_its_whole_path) {
  stage s;
  stage_open(&s, NULL);
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CALL_RAW);
  bourse_result *result;
  request.method = "GET";
  request.path = "/api/history/v3/orders"; /* a path of the table names its host */
  CHECK_INT(bourse_execute(&result, s.exchange, &request), BOURSE_OK);
  bourse_result_free(result);
  CHECK_STR(s.url, "https://futures.kraken.com/api/history/v3/orders");
  CHECK_STR(s.signature, "hQuUoBgaMv5IcDgXeCBdvQpHQNseJ/GEkaTJxaHPKsvJSW8igNYI71gmunbNNLCMKAunGSPkmeYzI+odGDoZwQ==");
  stage_close(&s);
}

TEST_MAIN()
