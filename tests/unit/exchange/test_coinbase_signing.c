/* test_coinbase_signing.c - the token that a request carries, byte for byte: the vectors of the notes on Coinbase. Which keys
 * are taken, and in which forms; what the token covers; that one is used again for the same request only. */
#include <bourse.h>
#include <bourse/sys/transport.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define NOW_NS   (INT64_C(1767225600) * 1000000000)
#define SENT_MAX 8

typedef struct stage {
  bourse_context *context;
  bourse_exchange *exchange;
  int64_t now_ns;
  uint8_t turn; /* added to what is random, and grows; 0: stays */
  char *token[SENT_MAX];
  char *url[SENT_MAX];
  char *body[SENT_MAX];
  size_t sent;
} stage;

static int64_t stage_now(void *user_data) { return ((stage *)user_data)->now_ns; }

static void stage_fill(void *user_data, void *out, size_t size) {
  stage *s = user_data;
  for (size_t i = 0; i < size; i++) ((uint8_t *)out)[i] = (uint8_t)(0x11 * i + s->turn);
  if (s->turn > 0) s->turn++;
}

static int32_t stage_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  stage *s = user_data;
  if (s->sent < SENT_MAX) {
    s->url[s->sent] = strdup(request->url);
    s->body[s->sent] = strndup(request->body == NULL ? "" : request->body, request->body_length);
    for (uint32_t i = 0; i < request->header_count; i++)
      if (strcmp(request->headers[i].name, "Authorization") == 0) s->token[s->sent] = strdup(request->headers[i].value);
    s->sent++;
  }
  bourse_http_reply reply = {.struct_size = sizeof reply,
                             .http_status = 200,
                             .sent = BOURSE_YES,
                             .body = "{}",
                             .body_length = 2,
                             .received_ns = s->now_ns};
  bourse_transport_complete(token, &reply);
  return BOURSE_OK;
}

static void stage_cancel(void *user_data, bourse_exchange_token *token) {
  (void)user_data;
  (void)token;
}

static void stage_run(void *user_data) { (void)user_data; }

static int32_t stage_open(stage *s, const char *id, const char *secret) {
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
  context_options.transport = &transport;
  context_options.clock = (bourse_clock){s, stage_now, stage_now};
  context_options.random = (bourse_random){s, stage_fill};
  keys.api_key = id;
  keys.secret = secret;
  options.credentials = &keys;
  options.product = BOURSE_PRODUCT_SPOT;
  options.clock_sync = BOURSE_NO;
  CHECK_INT(bourse_context_new(&s->context, &context_options), BOURSE_OK);
  return bourse_open(&s->exchange, s->context, "coinbase", &options);
}

static void stage_close(stage *s) {
  bourse_close(s->exchange);
  bourse_context_free(s->context);
  for (size_t i = 0; i < s->sent; i++) {
    free(s->token[i]);
    free(s->url[i]);
    free(s->body[i]);
  }
}

static int32_t call_raw(stage *s, const char *method, const char *path, const char *name, const char *value) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CALL_RAW);
  bourse_param param = {.name = name, .value = value};
  bourse_result *result = NULL;
  request.method = method;
  request.path = path;
  request.params = &param;
  request.param_count = name != NULL;
  int32_t code = bourse_execute(&result, s->exchange, &request);
  bourse_result_free(result);
  return code;
}

#define ACCOUNTS   "/api/v3/brokerage/accounts"
#define ORDERS     "/api/v3/brokerage/orders"
#define EDDSA_ID   "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
#define EDDSA_KEY  "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA=="
#define EDDSA_GET  "uL0tm9pB4S3NheKiUa0QPk9JqAQ8elAleaPj8-ibFs5EVhl2qanAMCRB1lKpoq2YhDKL6S7RABB8z5DI8qDtDw"
#define EDDSA_POST "TFYdI-mAu7j_53_nv1uzSk99B4tbgW2OKOlzbPLJru7VOoRdNGo8bb1h2mG6bwMzY7g4ayI11P2WCKx6O7h_Bg"
#define ES256_ID   "organizations/11111111-2222-3333-4444-555555555555/apiKeys/aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
#define ES256_GET  "PZ99r0amD6mAFpBT3Pe_eb2VG51aD5p02JTRGO7UWstqR8w0llmPYsVsmxtoqQUSB6CBSdwQeKH7hH_jPFt4NQ"
#define ES256_POST "YkxCpjw9I4uepQHl84YPepDrxtmkHd7QKDgggFWXwjS7s2ceI8WpiSGzrAIuPHY4fTtjg6CnpSStwxsl-rHOcQ"

#define PEM(line_end_)                                                         \
  "-----BEGIN EC PRIVATE KEY-----" line_end_                                   \
  "MHcCAQEEICPPYQKMRAxqGcLobc/mfUOPi6H7+oYhvX2tDkElpBFAoAoGCCqGSM49" line_end_ \
  "AwEHoUQDQgAEqtN1eQBnJUPshXAOr+iKUxvqS75EynC1Luki0vWICMiVmrKwTZLh" line_end_ \
  "CDbfnzfeVy7YMJ9m0/HQguJWTolKABeZ8g==" line_end_ "-----END EC PRIVATE KEY-----" line_end_

static const char eddsa_input[] =
    "Bearer "
    "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImFhYWFhYWFhLWJiYmItY2NjYy1kZGRkLWVlZWVlZWVlZWVlZSIsIm5vbmNlIjoi"
    "MDAxMTIyMzM0NDU1NjY3Nzg4OTlhYWJiY2NkZGVlZmYifQ.eyJzdWIiOiJhYWFhYWFhYS1iYmJiLWNjY2MtZGRkZC1lZWVlZWVlZWVlZWUiLCJpc3M"
    "iOiJjZHAiLCJuYmYiOjE3NjcyMjU2MDAsImV4cCI6MTc2NzIyNTcyMCwidXJpIjoiR0VUIGFwaS5jb2luYmFzZS5jb20vYXBpL3YzL2Jyb2tlcmFnZ"
    "S"
    "9hY2NvdW50cyJ9.";

static const char *signature(const stage *s, size_t index) {
  const char *dot = index < s->sent && s->token[index] != NULL ? strrchr(s->token[index], '.') : NULL;
  return dot == NULL ? "" : dot + 1;
}

static void check_vectors(const char *id, const char *secret, const char *get, const char *post) {
  stage s;
  CHECK_INT(stage_open(&s, id, secret), BOURSE_OK);
  CHECK_INT(call_raw(&s, "GET", ACCOUNTS, NULL, NULL), BOURSE_OK);
  CHECK_INT(call_raw(&s, "POST", ORDERS, "side", "BUY"), BOURSE_OK);
  CHECK_INT(s.sent, 2);
  CHECK_STR(signature(&s, 0), get);
  CHECK_STR(signature(&s, 1), post);
  stage_close(&s);
}

TEST(ed25519) {
  stage s;
  check_vectors(EDDSA_ID, EDDSA_KEY, EDDSA_GET, EDDSA_POST);
  CHECK_INT(stage_open(&s, EDDSA_ID, EDDSA_KEY), BOURSE_OK);
  CHECK_INT(call_raw(&s, "GET", ACCOUNTS, NULL, NULL), BOURSE_OK);
  CHECK(s.sent == 1 && s.token[0] != NULL && strncmp(s.token[0], eddsa_input, strlen(eddsa_input)) == 0);
  stage_close(&s);
}

TEST(p256) { check_vectors(ES256_ID, PEM("\n"), ES256_GET, ES256_POST); }

/* As it is downloaded: line breaks written as \n; and the whole file. */
TEST(key_files) {
  check_vectors(ES256_ID, PEM("\\n"), ES256_GET, ES256_POST);
  check_vectors(NULL, "{\"name\": \"" ES256_ID "\", \"privateKey\": \"" PEM("\\n") "\"}", ES256_GET, ES256_POST);
  check_vectors(NULL, "{\n  \"id\": \"" EDDSA_ID "\",\n  \"privateKey\": \"" EDDSA_KEY "\"\n}\n", EDDSA_GET,
                EDDSA_POST);
}

TEST(other_keys_are_refused) {
  stage s;
  CHECK_INT(stage_open(&s, EDDSA_ID, "not a key"), BOURSE_ERROR_CREDENTIALS);
  stage_close(&s);
}

/* The query and the body are not covered; where it goes is. */
TEST(what_it_covers) {
  stage s;
  CHECK_INT(stage_open(&s, EDDSA_ID, EDDSA_KEY), BOURSE_OK);
  CHECK_INT(call_raw(&s, "GET", ACCOUNTS, "limit", "250"), BOURSE_OK);
  CHECK_INT(call_raw(&s, "POST", ORDERS, "side", "SELL"), BOURSE_OK);
  CHECK_STR(s.url[0], "https://api.coinbase.com" ACCOUNTS "?limit=250");
  CHECK_STR(signature(&s, 0), EDDSA_GET);
  CHECK_STR(s.body[1], "{\"side\":\"SELL\"}");
  CHECK_STR(signature(&s, 1), EDDSA_POST);
  CHECK_INT(call_raw(&s, "POST", ACCOUNTS, NULL, NULL), BOURSE_OK);
  CHECK(strcmp(signature(&s, 2), signature(&s, 0)) != 0);
  stage_close(&s);
}

/* A token is used again for the same request, and made anew while it still has a quarter of its two minutes. */
TEST(its_life) {
  stage s;
  CHECK_INT(stage_open(&s, EDDSA_ID, EDDSA_KEY), BOURSE_OK);
  s.turn = 1;
  CHECK_INT(call_raw(&s, "GET", ACCOUNTS, NULL, NULL), BOURSE_OK);
  s.now_ns += INT64_C(60) * 1000000000;
  CHECK_INT(call_raw(&s, "GET", ACCOUNTS, NULL, NULL), BOURSE_OK);
  CHECK_STR(signature(&s, 1), signature(&s, 0));
  CHECK_INT(call_raw(&s, "GET", ORDERS, NULL, NULL), BOURSE_OK);
  CHECK(strcmp(signature(&s, 2), signature(&s, 0)) != 0);
  s.now_ns += INT64_C(40) * 1000000000;
  CHECK_INT(call_raw(&s, "GET", ACCOUNTS, NULL, NULL), BOURSE_OK);
  CHECK(strcmp(signature(&s, 3), signature(&s, 0)) != 0);
  stage_close(&s);
}

TEST_MAIN()
