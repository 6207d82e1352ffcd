/* fake.h - a small exchange, a transport that answers from a script, and a clock that stands still, for the tests of lib/api. */
#ifndef TESTS_FAKE_H
#define TESTS_FAKE_H

#include <bourse/sys/adapter.h>
#include <bourse.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

/* --- Exchange --- */

static const bourse_host fake_hosts[] = {{"main", "https://live.example", "https://test.example", NULL}};

static const bourse_limit fake_limits[] = {
    {"weight", 10, 1000000000, BOURSE_LIMIT_PER_ADDRESS, BOURSE_LIMIT_WINDOW, 20, "x-used"}};

static int32_t fake_parse_time(bourse_call *call, const bourse_http_reply *reply) {
  static const bourse_field fields[] = {BOURSE_FIELD_MUST("time", TIME_MS, bourse_server_time, time_ns)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_decoder decoder;
  bourse_server_time *time = bourse_append(call, BOURSE_KIND_SERVER_TIME);
  if (time == NULL) return BOURSE_ERROR_MEMORY;
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, &table, time);
  return bourse_decode_end(call, &decoder);
}

static int32_t fake_parse_markets(bourse_call *call, const bourse_http_reply *reply) {
  static const bourse_field fields[] = {
      BOURSE_FIELD_MUST("id", STRING, bourse_market, id),
      BOURSE_FIELD_MUST("symbol", STRING, bourse_market, symbol),
      BOURSE_FIELD("tick", DECIMAL, bourse_market, price_tick),
      BOURSE_FIELD("step", DECIMAL, bourse_market, amount_step),
      BOURSE_FIELD("min", DECIMAL, bourse_market, amount_min),
      BOURSE_FIELD("notional", DECIMAL, bourse_market, cost_min),
      BOURSE_FIELD("active", BOOL, bourse_market, active),
  };
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_decoder decoder;
  bourse_decode_reply(call, &decoder, reply);
  if (bourse_decode_array_begin(&decoder, "markets") == BOURSE_OK || decoder.error == BOURSE_OK)
    while (bourse_decode_array_next(&decoder)) {
      bourse_market *market = bourse_append(call, BOURSE_KIND_MARKET);
      if (market == NULL) return BOURSE_ERROR_MEMORY;
      market->product = BOURSE_PRODUCT_SPOT;
      bourse_decode_object(&decoder, &table, market);
    }
  return bourse_decode_end(call, &decoder);
}

static int32_t fake_build_symbol(bourse_call *call) {
  bourse_put(call, "symbol", call->market->id);
  bourse_put_ms(call, "start", call->since_ns);
  bourse_put_ms(call, "end", call->until_ns);
  bourse_put_uint(call, "limit", call->limit);
  return BOURSE_OK;
}

static int32_t fake_parse_ticker(bourse_call *call, const bourse_http_reply *reply) {
  static const bourse_field fields[] = {BOURSE_FIELD("last", DECIMAL, bourse_ticker, last)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_decoder decoder;
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  ticker->symbol = call->market->symbol;
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, &table, ticker);
  return bourse_decode_end(call, &decoder);
}

static int32_t fake_parse_trades(bourse_call *call, const bourse_http_reply *reply) {
  static const bourse_field fields[] = {BOURSE_FIELD("id", ID, bourse_trade, id),
                                        BOURSE_FIELD("t", TIME_MS, bourse_trade, time_ns)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_decoder decoder;
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_array_begin(&decoder, "trades");
  while (bourse_decode_array_next(&decoder)) {
    bourse_trade *trade = bourse_append(call, BOURSE_KIND_TRADE);
    if (trade == NULL) return BOURSE_ERROR_MEMORY;
    bourse_decode_object(&decoder, &table, trade);
  }
  return bourse_decode_end(call, &decoder);
}

static int32_t fake_build_order(bourse_call *call) {
  bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "client", call->order->client_order_id);
  bourse_put_decimal(call, "amount", &call->order->amount);
  bourse_put_decimal(call, "price", &call->order->price);
  return BOURSE_OK;
}

static int32_t fake_parse_order(bourse_call *call, const bourse_http_reply *reply) {
  static const bourse_field fields[] = {BOURSE_FIELD_MUST("id", ID, bourse_order, id),
                                        BOURSE_FIELD("client", STRING, bourse_order, client_order_id)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_decoder decoder;
  bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, &table, order);
  return bourse_decode_end(call, &decoder);
}

static int32_t fake_parse_leverage(bourse_call *call, const bourse_http_reply *reply) {
  (void)reply;
  return bourse_append(call, BOURSE_KIND_RECEIPT) == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

static int32_t fake_build_leverage(bourse_call *call) {
  bourse_put_decimal(call, "leverage", &call->request->leverage);
  return BOURSE_OK;
}

#define FAKE(op_, security_, flags_, method_, path_, build_, parse_, page_)                                         \
  {BOURSE_OP_##op_, BOURSE_FOR_SPOT, security_, 0, flags_, method_, path_, {{0, 1}, {0, 0}, {0, 0}}, build_, parse_, \
   page_,           0,               0}

static const bourse_endpoint fake_endpoints[] = {
    FAKE(FETCH_TIME, BOURSE_SECURITY_PUBLIC, 0, "GET", "/time", NULL, fake_parse_time, 0),
    FAKE(FETCH_MARKETS, BOURSE_SECURITY_PUBLIC, 0, "GET", "/markets", NULL, fake_parse_markets, 0),
    FAKE(FETCH_TICKER, BOURSE_SECURITY_PUBLIC, 0, "GET", "/ticker", fake_build_symbol, fake_parse_ticker, 0),
    FAKE(FETCH_TRADES, BOURSE_SECURITY_PUBLIC, 0, "GET", "/trades", fake_build_symbol, fake_parse_trades, 3),
    FAKE(CREATE_ORDER, BOURSE_SECURITY_SIGNED, BOURSE_ENDPOINT_ACTS, "POST", "/order", fake_build_order, fake_parse_order, 0),
    FAKE(FETCH_ORDER, BOURSE_SECURITY_SIGNED, 0, "GET", "/order", NULL, fake_parse_order, 0),
    FAKE(SET_LEVERAGE, BOURSE_SECURITY_SIGNED, BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_REPEATABLE, "POST", "/leverage",
         fake_build_leverage, fake_parse_leverage, 0),
};

static const bourse_capability fake_capabilities[] = {
    {BOURSE_OP_FETCH_TIME, BOURSE_FOR_SPOT, 0},    {BOURSE_OP_FETCH_MARKETS, BOURSE_FOR_SPOT, 0},
    {BOURSE_OP_FETCH_TICKER, BOURSE_FOR_SPOT, 0},  {BOURSE_OP_FETCH_TRADES, BOURSE_FOR_SPOT, 0},
    {BOURSE_OP_CREATE_ORDER, BOURSE_FOR_SPOT, 0},  {BOURSE_OP_FETCH_ORDER, BOURSE_FOR_SPOT, 0},
    {BOURSE_OP_SET_LEVERAGE, BOURSE_FOR_SPOT, 0},
};

static const bourse_endpoint *fake_route(bourse_call *call) {
  return bourse_find_endpoint(call->adapter, call->operation, BOURSE_FOR_ALL, 0);
}

static int32_t fake_sign(bourse_call *call) {
  bourse_text text;
  if (call->endpoint->security == BOURSE_SECURITY_SIGNED) {
    uint8_t signature[BOURSE_SIGNATURE_SIZE_MAX];
    size_t length;
    bourse_put_ms(call, "timestamp", call->now_ns);
    bourse_put_int(call, "nonce", (int64_t)call->nonce);
    int32_t code = bourse_sign(call->signer, BOURSE_SIGN_HMAC_SHA256, "x", 1, signature, sizeof signature, &length);
    if (code != BOURSE_OK) return code;
    bourse_put_header(call, "X-KEY", call->api_key);
  }
  bourse_text_init(&text, call->arena);
  bourse_encode_params(call, &text);
  return bourse_set_query(call, &text);
}

static int32_t fake_error(bourse_call *call, const bourse_http_reply *reply) {
  bourse_slice code = {"77", 2}, text = {reply->body, reply->body_length};
  if (reply->body_length == 0 || reply->body[0] != '!') return 0;
  return bourse_fail_exchange(call, strncmp(reply->body, "!time", 5) == 0 ? BOURSE_ERROR_TIMESTAMP
                                                                          : BOURSE_ERROR_INSUFFICIENT_FUNDS, code, text);
}

static const bourse_adapter fake_adapter = {
    .struct_size = sizeof(bourse_adapter),
    .api_version = BOURSE_API_VERSION,
    .name = "fake",
    .title = "Fake",
    .hosts = fake_hosts,
    .host_count = 1,
    .capabilities = fake_capabilities,
    .capability_count = sizeof fake_capabilities / sizeof fake_capabilities[0],
    .endpoints = fake_endpoints,
    .endpoint_count = sizeof fake_endpoints / sizeof fake_endpoints[0],
    .limits = fake_limits,
    .limit_count = 1,
    .products = BOURSE_FOR_SPOT,
    .client_id_max = 20,
    .client_id_extra = "-",
    .route = fake_route,
    .sign = fake_sign,
    .error = fake_error,
};

/* --- World: clock, transport, context, handle --- */

#define FAKE_PENDING_MAX 64

typedef struct fake_reply {
  const char *path; /* which request it answers: a part of the URL; NULL: any */
  int32_t status;
  int32_t error;
  int32_t sent;
  const char *body;
  const char *header; /* value of "retry-after" */
} fake_reply;

typedef struct fake_world {
  bourse_context *context;
  bourse_exchange *exchange;
  int64_t now_ns;
  const fake_reply *script; /* answered at once, in order; those past it stay pending */
  size_t script_count, script_at;
  bourse_exchange_token *pending[FAKE_PENDING_MAX];
  size_t pending_count;
  size_t sent_count;
  char urls[4096]; /* "METHOD url\n" of all that was sent */
} fake_world;

static int64_t fake_now(void *user_data) { return ((fake_world *)user_data)->now_ns; }

static void fake_complete(bourse_exchange_token *token, const fake_reply *reply, int64_t now_ns) {
  bourse_http_header headers[1] = {{"retry-after", reply->header}};
  bourse_http_reply http = {.struct_size = sizeof http,
                            .error = reply->error,
                            .http_status = reply->status,
                            .sent = reply->sent == 0 ? BOURSE_YES : reply->sent,
                            .headers = headers,
                            .header_count = reply->header != NULL,
                            .body = reply->body == NULL ? "" : reply->body,
                            .body_length = reply->body == NULL ? 0 : strlen(reply->body),
                            .error_text = "broken",
                            .received_ns = now_ns};
  bourse_transport_complete(token, &http);
}

static int32_t fake_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  fake_world *world = user_data;
  size_t used = strlen(world->urls);
  snprintf(world->urls + used, sizeof world->urls - used, "%s %s\n", request->method, request->url);
  world->sent_count++;
  if (world->script_at < world->script_count) {
    const fake_reply *reply = &world->script[world->script_at];
    if (reply->path == NULL || strstr(request->url, reply->path) != NULL) {
      world->script_at++;
      fake_complete(token, reply, world->now_ns);
      return BOURSE_OK;
    }
  }
  if (world->pending_count < FAKE_PENDING_MAX) world->pending[world->pending_count++] = token;
  return BOURSE_OK;
}

static void fake_cancel(void *user_data, bourse_exchange_token *token) {
  fake_world *world = user_data;
  for (size_t i = 0; i < world->pending_count; i++)
    if (world->pending[i] == token) world->pending[i] = world->pending[--world->pending_count];
}

#define FAKE_MARKETS \
  "[{\"id\":\"AB\",\"symbol\":\"A/B\",\"tick\":\"0.1\",\"step\":\"0.01\",\"min\":\"0.05\",\"notional\":\"10\",\"active\":true}," \
  "{\"id\":\"CD\",\"symbol\":\"C/D\",\"active\":false}]"

static void fake_open_with(fake_world *world, bourse_options *options) {
  bourse_transport transport = {.struct_size = sizeof transport, .api_version = BOURSE_API_VERSION, .user_data = world,
                                .send = fake_send, .cancel = fake_cancel, .run = NULL};
  bourse_context_options context_options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  const fake_reply *script = world->script;
  size_t script_count = world->script_count;
  memset(world, 0, sizeof *world);
  world->script = script;
  world->script_count = script_count;
  world->now_ns = INT64_C(1700000000000000000);
  context_options.transport = &transport;
  context_options.clock = (bourse_clock){world, fake_now, fake_now};
  CHECK_INT(bourse_context_new(&world->context, &context_options), BOURSE_OK);
  CHECK_INT(bourse_register(world->context, &fake_adapter), BOURSE_OK);
  keys.api_key = "key";
  keys.secret = "secret";
  options->credentials = &keys;
  CHECK_INT(bourse_open(&world->exchange, world->context, "fake", options), BOURSE_OK);
}

static inline void fake_open(fake_world *world, const fake_reply *script, size_t count) {
  bourse_options options = BOURSE_OPTIONS_INIT;
  options.clock_sync = BOURSE_NO;
  world->script = script;
  world->script_count = count;
  fake_open_with(world, &options);
}

static inline void fake_close(fake_world *world) {
  bourse_close(world->exchange);
  bourse_context_free(world->context);
}

/* Time passes; what is due is done. */
static inline void fake_pass(fake_world *world, int64_t ns) {
  world->now_ns += ns;
  bourse_run(world->context, 0);
}

#define FAKE_OPEN(world_, script_) fake_open(world_, script_, sizeof(script_) / sizeof((script_)[0]))

#endif
