/* binance_stage.h - a handle of Binance whose network answers from a list, a clock that stands still, two markets. */
#ifndef TESTS_BINANCE_STAGE_H
#define TESTS_BINANCE_STAGE_H

#include <bourse.h>
#include <bourse/sys/transport.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define STAGE_NOW_MS   INT64_C(1700000000000)
#define STAGE_SENT_MAX 24

/* Answers come in this order, whatever is asked. */
typedef struct answer {
  int32_t status;
  const char *body;
  const char *header; /* name of the one header, in lower case; NULL: none */
  const char *value;
} answer;

typedef struct sent {
  char *line; /* "METHOD url" and, behind a blank, the body */
  char *key;  /* of the header X-MBX-APIKEY; NULL: not sent */
} sent;

typedef struct stage {
  bourse_context *context;
  bourse_exchange *exchange;
  const answer *answers;
  size_t answer_count, answered;
  sent sent[STAGE_SENT_MAX];
  size_t sent_count;
} stage;

static int64_t stage_now(void *user_data) {
  (void)user_data;
  return STAGE_NOW_MS * 1000000;
}

static int32_t stage_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  stage *s = user_data;
  static const answer none = {404, "{\"code\": -1, \"msg\": \"the test has no answer to this\"}", NULL, NULL};
  const answer *a = s->answered < s->answer_count ? &s->answers[s->answered++] : &none;
  if (s->sent_count < STAGE_SENT_MAX) {
    sent *record = &s->sent[s->sent_count++];
    size_t size = strlen(request->method) + strlen(request->url) + request->body_length + 3;
    record->line = malloc(size);
    snprintf(record->line, size, "%s %s%s%.*s", request->method, request->url, request->body_length > 0 ? " " : "",
             (int)request->body_length, request->body == NULL ? "" : request->body);
    for (uint32_t i = 0; i < request->header_count; i++)
      if (strcmp(request->headers[i].name, "X-MBX-APIKEY") == 0) record->key = strdup(request->headers[i].value);
  }
  bourse_http_header header = {a->header, a->value};
  bourse_http_reply reply = {.struct_size = sizeof reply,
                             .http_status = a->status,
                             .sent = BOURSE_YES,
                             .headers = &header,
                             .header_count = a->header != NULL,
                             .body = a->body,
                             .body_length = strlen(a->body),
                             .received_ns = STAGE_NOW_MS * 1000000};
  bourse_transport_complete(token, &reply);
  return BOURSE_OK;
}

static void stage_cancel(void *user_data, bourse_exchange_token *token) {
  (void)user_data;
  (void)token;
}

static const char stage_spot[] =
    "{\"symbols\":[{\"symbol\":\"BTCUSDT\",\"status\":\"TRADING\",\"baseAsset\":\"BTC\",\"quoteAsset\":\"USDT\","
    "\"filters\":["
    "{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\"0.01\",\"maxPrice\":\"1000000\",\"tickSize\":\"0.01\"},"
    "{\"filterType\":\"LOT_SIZE\",\"minQty\":\"0.00001\",\"maxQty\":\"9000\",\"stepSize\":\"0.00001\"}]}]}";

static const char stage_linear[] =
    "{\"symbols\":[{\"symbol\":\"BTCUSDT\",\"pair\":\"BTCUSDT\",\"contractType\":\"PERPETUAL\",\"status\":\"TRADING\","
    "\"baseAsset\":\"BTC\",\"quoteAsset\":\"USDT\",\"marginAsset\":\"USDT\",\"deliveryDate\":4133404800000,\"filters\":"
    "["
    "{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\"0.1\",\"maxPrice\":\"1000000\",\"tickSize\":\"0.1\"},"
    "{\"filterType\":\"LOT_SIZE\",\"minQty\":\"0.001\",\"maxQty\":\"1000\",\"stepSize\":\"0.001\"}]}]}";

/* Opens with the keys and options given; `credentials` NULL: a key and an HMAC secret. */
static inline void stage_open_with(stage *s, const answer *answers, size_t count, const bourse_credentials *credentials,
                                   bourse_options options) {
  bourse_transport transport = {.struct_size = sizeof transport, .api_version = BOURSE_API_VERSION, .user_data = s,
                                .send = stage_send, .cancel = stage_cancel, .run = NULL};
  bourse_context_options context_options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  memset(s, 0, sizeof *s);
  s->answers = answers;
  s->answer_count = count;
  context_options.transport = &transport;
  context_options.clock = (bourse_clock){s, stage_now, stage_now};
  keys.api_key = "the-key";
  keys.secret = "the-secret";
  options.credentials = credentials != NULL ? credentials : &keys;
  options.clock_sync = BOURSE_NO;
  CHECK_INT(bourse_context_new(&s->context, &context_options), BOURSE_OK);
  CHECK_INT(bourse_open(&s->exchange, s->context, "binance", &options), BOURSE_OK);
  CHECK_INT(bourse_markets_load(s->exchange, BOURSE_PRODUCT_SPOT, stage_spot, sizeof stage_spot - 1), BOURSE_OK);
  CHECK_INT(bourse_markets_load(s->exchange, BOURSE_PRODUCT_LINEAR, stage_linear, sizeof stage_linear - 1), BOURSE_OK);
}

#define STAGE_OPEN(stage_, answers_) \
  stage_open_with(stage_, answers_, sizeof(answers_) / sizeof((answers_)[0]), NULL, (bourse_options)BOURSE_OPTIONS_INIT)

static inline void stage_close(stage *s) {
  bourse_close(s->exchange);
  bourse_context_free(s->context);
  for (size_t i = 0; i < s->sent_count; i++) {
    free(s->sent[i].line);
    free(s->sent[i].key);
  }
}

/* Whether request number `index` was this: method and address up to the '?' or the body, and all of the parts. */
static inline int stage_sent(const stage *s, size_t index, const char *request, const char *const *parts) {
  if (index >= s->sent_count) return 0;
  const char *line = s->sent[index].line;
  size_t length = strlen(request);
  if (strncmp(line, request, length) != 0 || (line[length] != '?' && line[length] != ' ' && line[length] != '\0')) {
    printf("sent: %s\n", line);
    return 0;
  }
  for (; *parts != NULL; parts++) {
    if (strstr(line, *parts) != NULL) continue;
    printf("no %s in: %s\n", *parts, line);
    return 0;
  }
  return 1;
}
#define CHECK_SENT(stage_, index_, request_, ...) \
  CHECK(stage_sent(stage_, index_, request_, (const char *const[]){__VA_ARGS__, NULL}))

static inline bourse_decimal decimal(const char *text) {
  bourse_decimal value;
  CHECK_INT(bourse_decimal_parse(&value, text, strlen(text)), BOURSE_OK);
  return value;
}

static inline void check_decimal(const bourse_decimal *value, const char *expected) {
  char text[BOURSE_DECIMAL_TEXT_SIZE] = "absent";
  bourse_decimal_format(text, sizeof text, value);
  CHECK_STR(text, expected);
}

static inline bourse_order_request limit_order(const char *symbol, int32_t side, const char *amount, const char *price,
                                               const char *client_id) {
  bourse_order_request order;
  bourse_order_request_init(&order, sizeof order);
  order.symbol = symbol;
  order.side = side;
  order.type = BOURSE_ORDER_LIMIT;
  order.amount = decimal(amount);
  order.price = decimal(price);
  order.client_order_id = client_id;
  return order;
}

#endif
