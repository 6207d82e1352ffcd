/* frozen/adapter.c - an exchange as a host's plugin was written for 0.1. It is not to be changed: it must go on working, compiled
 * with the headers of then or of now, in every program and with every library since. */
#include <bourse.h>
#include <bourse/sys/adapter.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array_) (sizeof(array_) / sizeof((array_)[0]))

/* --- Tables --- */

static const bourse_host hosts[] = {{"api", "https://api.corner.example", NULL, NULL}};

static const bourse_capability capabilities[] = {
    {BOURSE_OP_FETCH_MARKETS, BOURSE_FOR_SPOT, 0},
    {BOURSE_OP_FETCH_TICKER, BOURSE_FOR_SPOT, 0},
    {BOURSE_OP_CREATE_ORDER, BOURSE_FOR_SPOT, 0},
};

enum { PER_MINUTE, LIMIT_COUNT };
static const bourse_limit limits[LIMIT_COUNT] = {
    {"requests a minute", 600, INT64_C(60000000000), BOURSE_LIMIT_PER_ADDRESS, BOURSE_LIMIT_WINDOW, 10, NULL},
};

static const bourse_name error_codes[] = {
    {"NO_MONEY", BOURSE_ERROR_INSUFFICIENT_FUNDS},
    {"BAD_KEY", BOURSE_ERROR_AUTH},
    {"BAD_SIGN", BOURSE_ERROR_AUTH},
    {"OLD_TIME", BOURSE_ERROR_TIMESTAMP},
    {"REF_USED", BOURSE_ERROR_DUPLICATE_ORDER},
    {"CLOSED", BOURSE_ERROR_MARKET_CLOSED},
    {"SLOW_DOWN", BOURSE_ERROR_RATE_LIMITED},
    {NULL, 0},
};

static const bourse_name order_states[] = {
    {"open", BOURSE_ORDER_OPEN}, {"done", BOURSE_ORDER_FILLED}, {"gone", BOURSE_ORDER_CANCELED}, {NULL, 0}};

static const bourse_field market_fields[] = {
    BOURSE_FIELD_MUST("name", STRING, bourse_market, id),
    BOURSE_FIELD_MUST("base", STRING, bourse_market, base),
    BOURSE_FIELD_MUST("quote", STRING, bourse_market, quote),
    BOURSE_FIELD("trading", BOOL, bourse_market, active),
    BOURSE_FIELD("tick", DECIMAL, bourse_market, price_tick),
    BOURSE_FIELD("step", DECIMAL, bourse_market, amount_step),
    BOURSE_FIELD("least", DECIMAL, bourse_market, amount_min),
};
static const bourse_table market_table = BOURSE_TABLE(market_fields);

static const bourse_field ticker_fields[] = {
    BOURSE_FIELD("time", TIME_MS, bourse_ticker, time_ns),
    BOURSE_FIELD_MUST("last", DECIMAL, bourse_ticker, last),
    BOURSE_FIELD("bid", DECIMAL, bourse_ticker, bid),
    BOURSE_FIELD("ask", DECIMAL, bourse_ticker, ask),
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);

static const bourse_field order_fields[] = {
    BOURSE_FIELD_MUST("id", ID, bourse_order, id),
    BOURSE_FIELD_ENUM("state", bourse_order, status, order_states),
    BOURSE_FIELD("filled", DECIMAL, bourse_order, filled),
};
static const bourse_table order_table = BOURSE_TABLE(order_fields);

typedef struct corner_error {
  bourse_slice code;
  bourse_slice text;
} corner_error;

static const bourse_field error_fields[] = {
    BOURSE_FIELD_MUST("code", SLICE, corner_error, code),
    BOURSE_FIELD("text", SLICE, corner_error, text),
};
static const bourse_table error_table = BOURSE_TABLE(error_fields);

/* --- Building and reading --- */

/* The list of markets is inside an object: {"markets":[...]}. */
static int32_t read_markets(bourse_decoder *decoder, void *member) {
  bourse_call *call = decoder->user_data;
  (void)member;
  int32_t code = bourse_decode_array_begin(decoder, "markets");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    bourse_market *market = bourse_append(call, BOURSE_KIND_MARKET);
    if (market == NULL) return BOURSE_ERROR_MEMORY;
    code = bourse_decode_object(decoder, &market_table, market);
    if (code != BOURSE_OK) return code;
    market->symbol = bourse_arena_format(call->arena, "%s/%s", market->base, market->quote);
    market->product = BOURSE_PRODUCT_SPOT;
    if (market->symbol == NULL) return BOURSE_ERROR_MEMORY;
  }
  return decoder->error;
}

typedef struct markets_reply {
  int32_t markets; /* records go straight into the result */
} markets_reply;

static const bourse_field markets_reply_fields[] = {
    BOURSE_FIELD_FULL("markets", CUSTOM, markets_reply, markets, BOURSE_FIELD_REQUIRED, NULL, read_markets)};
static const bourse_table markets_reply_table = BOURSE_TABLE(markets_reply_fields);

static int32_t parse_markets(bourse_call *call, const bourse_http_reply *reply) {
  bourse_decoder decoder;
  markets_reply ignored;
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, &markets_reply_table, &ignored);
  return bourse_decode_end(call, &decoder);
}

static int32_t build_ticker(bourse_call *call) {
  bourse_put(call, "market", call->market->id);
  return BOURSE_OK;
}

static int32_t parse_ticker(bourse_call *call, const bourse_http_reply *reply) {
  bourse_decoder decoder;
  bourse_ticker *ticker = bourse_append(call, BOURSE_KIND_TICKER);
  if (ticker == NULL) return BOURSE_ERROR_MEMORY;
  ticker->symbol = call->market->symbol;
  ticker->id = call->market->id;
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, &ticker_table, ticker);
  return bourse_decode_end(call, &decoder);
}

/* What the exchange cannot do is refused, never left out. */
static int32_t build_order(bourse_call *call) {
  const bourse_order_request *order = call->order;
  if (order->type != BOURSE_ORDER_LIMIT)
    return bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, "type", "Corner has limit orders only");
  if (order->post_only > 0 || order->time_in_force > BOURSE_GOOD_TILL_CANCELED)
    return bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, order->post_only > 0 ? "post_only" : "time_in_force",
                       "orders at Corner rest until canceled");
  if (bourse_decimal_is_present(&order->stop_loss_price) || bourse_decimal_is_present(&order->take_profit_price) ||
      bourse_decimal_is_present(&order->trigger_price) || bourse_decimal_is_present(&order->iceberg_amount))
    return bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, "type", "Corner has neither conditional nor iceberg orders");
  bourse_put(call, "market", call->market->id);
  bourse_put(call, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  bourse_put_decimal(call, "price", &order->price);
  bourse_put_decimal(call, "amount", &order->amount);
  bourse_put(call, "ref", order->client_order_id); /* always there: made by the library when the caller gave none */
  return BOURSE_OK;
}

static int32_t parse_order(bourse_call *call, const bourse_http_reply *reply) {
  bourse_decoder decoder;
  bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  order->symbol = call->market->symbol; /* the exchange does not repeat what was asked for */
  order->market_id = call->market->id;
  order->client_order_id = call->order->client_order_id;
  order->side = call->order->side;
  order->type = call->order->type;
  order->price = call->order->price;
  order->amount = call->order->amount;
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, &order_table, order);
  return bourse_decode_end(call, &decoder);
}

static const bourse_endpoint endpoints[] = {
    {.operation = BOURSE_OP_FETCH_MARKETS,
     .products = BOURSE_FOR_SPOT,
     .method = "GET",
     .path = "/v1/markets",
     .costs = {{PER_MINUTE, 10}},
     .parse = parse_markets},
    {.operation = BOURSE_OP_FETCH_TICKER,
     .products = BOURSE_FOR_SPOT,
     .method = "GET",
     .path = "/v1/ticker",
     .costs = {{PER_MINUTE, 1}},
     .build = build_ticker,
     .parse = parse_ticker},
    {.operation = BOURSE_OP_CREATE_ORDER,
     .products = BOURSE_FOR_SPOT,
     .method = "POST",
     .path = "/v1/orders",
     .security = BOURSE_SECURITY_SIGNED,
     .flags = BOURSE_ENDPOINT_ACTS,
     .costs = {{PER_MINUTE, 1}},
     .build = build_order,
     .parse = parse_order},
};

static const bourse_endpoint *route(bourse_call *call) {
  return bourse_find_endpoint(call->adapter, call->operation, BOURSE_FOR_SPOT, 0);
}

/* GET: parameters in the query. POST: as JSON, and signed. */
static int32_t sign(bourse_call *call) {
  bourse_text text, message, hex;
  uint8_t signature[BOURSE_SIGNATURE_SIZE_MAX];
  size_t length = 0;
  bourse_text_init(&text, call->arena);
  if (call->endpoint->security != BOURSE_SECURITY_SIGNED) {
    bourse_encode_params(call, &text);
    return bourse_set_query(call, &text);
  }
  bourse_encode_json(call, &text);
  int32_t code = bourse_set_body(call, &text, "application/json");
  if (code != BOURSE_OK) return code;
  char time[24];
  snprintf(time, sizeof time, "%" PRId64, call->now_ns / 1000000);
  bourse_text_init(&message, call->arena);
  bourse_text_string(&message, time);
  bourse_text_string(&message, call->wire.method);
  bourse_text_string(&message, call->wire.path);
  bourse_text_append(&message, call->wire.body, call->wire.body_length);
  if (bourse_text_finish(&message) == NULL) return bourse_fail(call, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  code = bourse_sign(call->signer, BOURSE_SIGN_HMAC_SHA256, message.data, message.length, signature, sizeof signature,
                     &length);
  if (code != BOURSE_OK) return bourse_fail(call, code, NULL, "the request could not be signed");
  bourse_text_init(&hex, call->arena);
  bourse_text_hex(&hex, signature, length);
  if (bourse_text_finish(&hex) == NULL) return bourse_fail(call, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  bourse_put_header(call, "X-Corner-Key", call->api_key);
  bourse_put_header(call, "X-Corner-Time", time);
  bourse_put_header(call, "X-Corner-Sign", hex.data);
  return BOURSE_OK;
}

/* {"code":"NO_MONEY","text":"..."} with status 4xx. */
static int32_t read_error(bourse_call *call, const bourse_http_reply *reply) {
  bourse_decoder decoder;
  corner_error error;
  memset(&error, 0, sizeof error);
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, &error_table, &error);
  if (bourse_decode_finish(&decoder) != BOURSE_OK) return 0; /* not ours: a gateway's page; its status decides */
  int32_t code = bourse_name_value(error_codes, error.code);
  return bourse_fail_exchange(call, code != 0 ? code : BOURSE_ERROR_REFUSED, error.code, error.text);
}

const bourse_adapter corner_adapter;
const bourse_adapter corner_adapter = {
    .struct_size = sizeof(bourse_adapter),
    .api_version = BOURSE_API_VERSION,
    .name = "corner",
    .title = "Corner",
    .hosts = hosts,
    .host_count = COUNT(hosts),
    .capabilities = capabilities,
    .capability_count = COUNT(capabilities),
    .endpoints = endpoints,
    .endpoint_count = COUNT(endpoints),
    .limits = limits,
    .limit_count = LIMIT_COUNT,
    .products = BOURSE_FOR_SPOT,
    .secret_encoding = BOURSE_SECRET_TEXT,
    .client_id_format = BOURSE_CLIENT_ID_TEXT,
    .client_id_max = 32,
    .client_id_extra = "-",
    .route = route,
    .sign = sign,
    .error = read_error,
};
