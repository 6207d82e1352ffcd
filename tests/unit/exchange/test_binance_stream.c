/* test_binance_stream.c - messages of the WebSocket API byte for byte, and what the exchange says of connections. The
 * signatures were made by other programs (OpenSSL, Node) over the documented payloads. */
#include <bourse.h>
#include <bourse/sys/transport.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define NOW_NS      (INT64_C(1700000000000) * 1000000)
#define SOCKETS_MAX 8

typedef struct wire_socket {
  bourse_socket_token *token;
  char *url;
  int gone;
} wire_socket;

typedef struct stage {
  bourse_context *context;
  bourse_exchange *exchange;
  int64_t monotonic_ns;
  const char *answer; /* to every HTTP request */
  wire_socket sockets[SOCKETS_MAX];
  int socket_count;
  char sent[4096];     /* the last message */
  char requests[4096]; /* "METHOD url body\n" */
  char records[65536]; /* what is recorded of sockets */
} stage;

static int64_t now_ns(void *user_data) {
  (void)user_data;
  return NOW_NS;
}

static int64_t monotonic_ns(void *user_data) { return ((stage *)user_data)->monotonic_ns; }

static int32_t send_request(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  stage *s = user_data;
  size_t length = strlen(s->requests);
  snprintf(s->requests + length, sizeof s->requests - length, "%s %s\n", request->method, request->url);
  bourse_http_reply reply = {.struct_size = sizeof reply,
                             .http_status = 200,
                             .sent = BOURSE_YES,
                             .body = s->answer,
                             .body_length = strlen(s->answer),
                             .received_ns = NOW_NS};
  bourse_transport_complete(token, &reply);
  return BOURSE_OK;
}

static void cancel_request(void *user_data, bourse_exchange_token *token) {
  (void)user_data;
  (void)token;
}

static int32_t connect_socket(void *user_data, const bourse_socket_request *request, bourse_socket_token *token,
                              void **out) {
  stage *s = user_data;
  if (s->socket_count == SOCKETS_MAX) return BOURSE_ERROR_MEMORY;
  wire_socket *socket = &s->sockets[s->socket_count++];
  socket->token = token;
  socket->url = strdup(request->url);
  *out = socket;
  return BOURSE_OK;
}

static int32_t send_message(void *user_data, void *socket, int32_t kind, const char *bytes, size_t length) {
  stage *s = user_data;
  (void)socket;
  if (kind == BOURSE_MESSAGE_TEXT) snprintf(s->sent, sizeof s->sent, "%.*s", (int)length, bytes);
  return BOURSE_OK;
}

static void pause_socket(void *user_data, void *socket, int32_t paused) {
  (void)user_data;
  (void)socket;
  (void)paused;
}

static void disconnect_socket(void *user_data, void *socket) {
  (void)user_data;
  ((wire_socket *)socket)->gone = 1;
}

static void on_socket(void *user_data, const bourse_socket_record *record) {
  stage *s = user_data;
  size_t length = strlen(s->records);
  snprintf(s->records + length, sizeof s->records - length, "%s %.*s\n", record->url, (int)record->length,
           record->bytes);
}

static const char spot[] =
    "{\"symbols\":[{\"symbol\":\"BTCUSDT\",\"status\":\"TRADING\",\"baseAsset\":\"BTC\",\"quoteAsset\":\"USDT\","
    "\"filters\":["
    "{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\"0.1\",\"maxPrice\":\"1000000\",\"tickSize\":\"0.1\"},"
    "{\"filterType\":\"LOT_SIZE\",\"minQty\":\"0.001\",\"maxQty\":\"9000\",\"stepSize\":\"0.001\"}]}]}";

static const char linear[] =
    "{\"symbols\":[{\"symbol\":\"BTCUSDT\",\"pair\":\"BTCUSDT\",\"contractType\":\"PERPETUAL\",\"status\":\"TRADING\","
    "\"baseAsset\":\"BTC\",\"quoteAsset\":\"USDT\",\"marginAsset\":\"USDT\",\"deliveryDate\":4133404800000,\"filters\":"
    "["
    "{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\"0.1\",\"maxPrice\":\"1000000\",\"tickSize\":\"0.1\"},"
    "{\"filterType\":\"LOT_SIZE\",\"minQty\":\"0.001\",\"maxQty\":\"1000\",\"stepSize\":\"0.001\"}]}]}";

static void open_stage(stage *s, const char *key, const char *secret, int32_t product) {
  bourse_transport transport = {.struct_size = sizeof transport,
                                .api_version = BOURSE_API_VERSION,
                                .user_data = s,
                                .send = send_request,
                                .cancel = cancel_request,
                                .connect = connect_socket,
                                .send_message = send_message,
                                .pause = pause_socket,
                                .disconnect = disconnect_socket};
  bourse_context_options context_options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  memset(s, 0, sizeof *s);
  s->answer = "{}";
  s->monotonic_ns = INT64_C(1000000000000);
  context_options.transport = &transport;
  context_options.clock = (bourse_clock){s, now_ns, monotonic_ns};
  context_options.on_socket = on_socket;
  context_options.on_socket_user_data = s;
  keys.api_key = key;
  keys.secret = secret;
  options.credentials = &keys;
  options.clock_sync = BOURSE_NO;
  options.order_transport = BOURSE_TRANSPORT_SOCKET;
  options.product = product;
  CHECK_INT(bourse_context_new(&s->context, &context_options), BOURSE_OK);
  CHECK_INT(bourse_open(&s->exchange, s->context, "binance", &options), BOURSE_OK);
  CHECK_INT(bourse_markets_load(s->exchange, BOURSE_PRODUCT_SPOT, spot, sizeof spot - 1), BOURSE_OK);
  CHECK_INT(bourse_markets_load(s->exchange, BOURSE_PRODUCT_LINEAR, linear, sizeof linear - 1), BOURSE_OK);
}

static void close_stage(stage *s) {
  bourse_close(s->exchange);
  bourse_context_free(s->context);
  for (int i = 0; i < s->socket_count; i++) free(s->sockets[i].url);
}

static void run(stage *s) {
  for (int i = 0; i < 5; i++) bourse_run(s->context, 0);
}

static void say(stage *s, int socket, const char *text) {
  bourse_socket_message(s->sockets[socket].token, BOURSE_MESSAGE_TEXT, text, strlen(text), NOW_NS, s->monotonic_ns);
  run(s);
}

/* A watch of what happens on the account. */
static bourse_stream *watch(stage *s, int32_t operation) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  bourse_stream_options options = BOURSE_STREAM_OPTIONS_INIT;
  bourse_stream *stream = NULL;
  options.reconcile = BOURSE_NO;
  if (operation == BOURSE_OP_WATCH_TRADES) request.symbol = "BTC/USDT";
  CHECK_INT(bourse_watch(&stream, s->exchange, &request, &options), BOURSE_OK);
  run(s);
  return stream;
}

static void accept_last(stage *s) {
  bourse_socket_opened(s->sockets[s->socket_count - 1].token);
  run(s);
}

#define KEY    "libxchg-api-key-0001"
#define SECRET "libxchg-secret-0001"
#define ED25519                                                        \
  "-----BEGIN PRIVATE KEY-----\n"                                      \
  "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n" \
  "-----END PRIVATE KEY-----\n"

static void check_subscription(const char *secret, const char *signature) {
  char expected[512];
  stage s;
  open_stage(&s, KEY, secret, 0);
  bourse_stream *stream = watch(&s, BOURSE_OP_WATCH_ORDERS);
  CHECK_INT(s.socket_count, 1);
  CHECK_STR(s.sockets[0].url, "wss://ws-api.binance.com:443/ws-api/v3");
  accept_last(&s);
  snprintf(expected, sizeof expected,
           "{\"id\":\"s1\",\"method\":\"userDataStream.subscribe.signature\",\"params\":{\"apiKey\":\"" KEY
           "\",\"timestamp\":1700000000000,\"signature\":\"%s\"}}",
           signature);
  CHECK_STR(s.sent, expected);
  bourse_stream_close(stream);
  close_stage(&s);
}

TEST(subscriptions_are_signed_by_any_kind_of_key) {
  check_subscription(SECRET, "5bfaf2658487a01974d7317f17dbc6f0b7c3f2aec79d437d7abe170679d5c149");
  check_subscription(ED25519,
                     "yPIepp1xUvJqgBz5eQVJQv9trrqToAJK23ZN64SkxX1ZkhVURm5jWiz6ejPXMNtlNJZ7/CdBCpEwdl2vDfBHDg==");
}

/* The names are signed in their order, and nothing is percent-encoded. */
static void check_order(const char *secret, const char *signature) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  const bourse_order_request *orders[] = {&order};
  uint64_t ticket;
  stage s;
  open_stage(&s, KEY, secret, 0);
  order.symbol = "BTC/USDT";
  order.side = BOURSE_SIDE_BUY;
  order.type = BOURSE_ORDER_LIMIT;
  bourse_decimal_parse(&order.amount, "0.001", SIZE_MAX);
  bourse_decimal_parse(&order.price, "25000.1", SIZE_MAX);
  order.client_order_id = "lx/1";
  request.orders = orders;
  request.order_count = 1;
  CHECK_INT(bourse_submit(s.exchange, &request, &ticket), BOURSE_ERROR_ARGUMENT); /* '/' is not allowed on spot */
  order.client_order_id = "lx-1";
  CHECK_INT(bourse_submit(s.exchange, &request, &ticket), BOURSE_OK);
  run(&s);
  CHECK_INT(s.socket_count, 1);
  accept_last(&s);
  char expected[1024];
  snprintf(
      expected, sizeof expected,
      "{\"id\":1,\"method\":\"order.place\",\"params\":{\"apiKey\":\"" KEY
      "\",\"newClientOrderId\":\"lx-1\",\"newOrderRespType\":\"FULL\",\"price\":\"25000.1\",\"quantity\":\"0.001\","
      "\"recvWindow\":5000,\"side\":\"BUY\",\"symbol\":\"BTCUSDT\",\"timeInForce\":\"GTC\","
      "\"timestamp\":1700000000000,\"type\":\"LIMIT\",\"signature\":\"%s\"}}",
      signature);
  CHECK_STR(s.sent, expected);
  close_stage(&s);
}

TEST(orders_are_signed_in_the_order_of_their_names) {
  check_order(SECRET, "d4f73d923a1adbc46e7cbc143425ed9455703a2b7fd1a5460577dd1be763b457");
  check_order(ED25519, "fKT7VzrWiXIVGxHRqYCkPlzr/DP/IKL1zDv784WauXEYnNNNCBfMPy9sgjyak47RbYXNoL54TvCDNY8X25XFDQ==");
}

TEST(a_dead_stream_is_connected_anew) {
  stage s;
  open_stage(&s, KEY, SECRET, 0);
  bourse_stream *stream = watch(&s, BOURSE_OP_WATCH_ORDERS);
  accept_last(&s);
  say(&s, 0, "{\"id\":\"s1\",\"status\":200,\"result\":{\"subscriptionId\":0}}");
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
  say(&s, 0, "{\"subscriptionId\":0,\"event\":{\"e\":\"eventStreamTerminated\",\"E\":1728973001334}}");
  CHECK_INT(s.sockets[0].gone, 1);
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_STALE);
  s.monotonic_ns += INT64_C(5000000000);
  run(&s);
  CHECK_INT(s.socket_count, 2);
  bourse_stream_close(stream);
  close_stage(&s);
}

TEST(an_expired_listen_key_is_followed_by_another) {
  stage s;
  open_stage(&s, KEY, SECRET, BOURSE_PRODUCT_LINEAR);
  s.answer = "{\"listenKey\":\"first-key\"}";
  bourse_stream *stream = watch(&s, BOURSE_OP_WATCH_BALANCES);
  CHECK_STR(s.requests, "POST https://fapi.binance.com/fapi/v1/listenKey\n");
  CHECK_STR(s.sockets[0].url, "wss://fstream.binance.com/private/ws?listenKey=first-key");
  accept_last(&s);
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
  s.answer = "{\"listenKey\":\"second-key\"}";
  say(&s, 0, "{\"e\":\"listenKeyExpired\",\"E\":1736996475556,\"listenKey\":\"first-key\"}");
  s.monotonic_ns += INT64_C(5000000000);
  run(&s);
  CHECK_INT(s.socket_count, 2);
  CHECK_STR(s.sockets[1].url, "wss://fstream.binance.com/private/ws?listenKey=second-key");
  bourse_stream_close(stream);
  close_stage(&s);
}

TEST(a_listen_key_is_kept_alive) {
  stage s;
  open_stage(&s, KEY, SECRET, BOURSE_PRODUCT_LINEAR);
  s.answer = "{\"listenKey\":\"a-key\"}";
  bourse_stream *stream = watch(&s, BOURSE_OP_WATCH_BALANCES);
  accept_last(&s);
  s.requests[0] = '\0';
  for (int minute = 0; minute < 31; minute++) {
    s.monotonic_ns += INT64_C(60000000000);
    bourse_socket_message(s.sockets[0].token, BOURSE_MESSAGE_PONG, "", 0, NOW_NS, s.monotonic_ns);
    run(&s);
  }
  CHECK_STR(s.requests, "PUT https://fapi.binance.com/fapi/v1/listenKey\n");
  bourse_stream_close(stream);
  close_stage(&s);
}

/* In each of its forms. */
TEST(an_announced_shutdown_is_met_by_another_connection) {
  static const struct {
    int32_t operation;
    const char *ready;
    const char *message;
  } forms[] = {
      {BOURSE_OP_WATCH_TRADES, "{\"result\":null,\"id\":1}", "{\"e\":\"serverShutdown\",\"E\":1770123456789}"},
      {BOURSE_OP_WATCH_TRADES, "{\"result\":null,\"id\":1}",
       "{\"stream\":\"!serverShutdown\",\"data\":{\"e\":\"serverShutdown\",\"E\":1770123456789}}"},
      {BOURSE_OP_WATCH_ORDERS, "{\"id\":\"s1\",\"status\":200,\"result\":{\"subscriptionId\":0}}",
       "{\"event\":{\"e\":\"serverShutdown\",\"E\":1770123456789}}"},
  };
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    stage s;
    open_stage(&s, KEY, SECRET, 0);
    bourse_stream *stream = watch(&s, forms[i].operation);
    accept_last(&s);
    say(&s, 0, forms[i].ready);
    CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
    say(&s, 0, forms[i].message);
    CHECK_INT(s.socket_count, 2);
    CHECK_INT(s.sockets[0].gone, 0); /* until the new one serves */
    CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
    bourse_stream_close(stream);
    close_stage(&s);
  }
}

TEST(a_revoked_session_is_told) {
  bourse_stream_event event = BOURSE_STREAM_EVENT_INIT;
  int told = 0;
  stage s;
  open_stage(&s, KEY, SECRET, 0);
  bourse_stream *stream = watch(&s, BOURSE_OP_WATCH_ORDERS);
  accept_last(&s);
  say(&s, 0, "{\"id\":\"s1\",\"status\":200,\"result\":{\"subscriptionId\":0}}");
  say(&s, 0,
      "{\"id\":null,\"status\":401,\"error\":{\"code\":-2015,\"msg\":\"Invalid API-key, IP, or permissions for "
      "action.\"}}");
  while (bourse_stream_next(stream, &event) > 0)
    told += event.kind == BOURSE_STREAM_ERROR && event.error_code == BOURSE_ERROR_AUTH;
  CHECK_INT(told, 1);
  bourse_stream_close(stream);
  close_stage(&s);
}

/* Keys, signatures and tokens stand in messages and URLs; records show none of them. */
TEST(nothing_secret_is_recorded) {
  static const char *const secrets[] = {KEY, "5bfaf2658487a019", "a-listen-key"};
  stage s;
  open_stage(&s, KEY, SECRET, 0);
  bourse_stream *stream = watch(&s, BOURSE_OP_WATCH_ORDERS);
  accept_last(&s);
  CHECK(strstr(s.sent, secrets[1]) != NULL);
  CHECK(strstr(s.records, "userDataStream.subscribe.signature") != NULL);
  for (size_t i = 0; i < 2; i++) CHECK(strstr(s.records, secrets[i]) == NULL);
  bourse_stream_close(stream);
  close_stage(&s);
  open_stage(&s, KEY, SECRET, BOURSE_PRODUCT_LINEAR);
  s.answer = "{\"listenKey\":\"a-listen-key\"}";
  stream = watch(&s, BOURSE_OP_WATCH_BALANCES);
  accept_last(&s);
  say(&s, 0, "{\"e\":\"listenKeyExpired\",\"E\":1,\"listenKey\":\"a-listen-key\"}");
  CHECK(strstr(s.records, "fstream.binance.com") != NULL);
  CHECK(strstr(s.records, secrets[2]) == NULL);
  bourse_stream_close(stream);
  close_stage(&s);
}

TEST_MAIN()
