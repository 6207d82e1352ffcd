/* test_kraken_messages.c - a handle of Kraken whose sockets the test plays: subscribing and its answers, the futures'
 * challenge, and orders as messages. */
#include <bourse.h>
#include <bourse/sys/transport.h>

#include "test.h"

#define NOW_NS (INT64_C(1700000000000) * 1000000)

typedef struct play {
  bourse_context *context;
  bourse_exchange *exchange;
  bourse_socket_token *token; /* of the newest socket */
  int connects;
  char url[100];
  char sent[16][1500]; /* messages, oldest first */
  int sent_count;
  char requests[8][300];
  int request_count;
} play;

static int64_t play_now(void *user_data) {
  (void)user_data;
  return NOW_NS;
}

static int32_t play_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  play *p = user_data;
  const char *body = "{\"error\":[\"EGeneral:Internal error\"]}";
  if (p->request_count < 8) snprintf(p->requests[p->request_count++], 300, "%s", request->url);
  if (strstr(request->url, "GetWebSocketsToken") != NULL)
    body = "{\"error\":[],\"result\":{\"token\":\"sesame\",\"expires\":900}}";
  if (strstr(request->url, "/AddOrder") != NULL) body = "{\"error\":[],\"result\":{\"txid\":[\"O-HTTP\"]}}";
  if (strstr(request->url, "/OpenOrders") != NULL) body = "{\"error\":[],\"result\":{\"open\":{}}}";
  bourse_http_reply reply = {.struct_size = sizeof reply,
                             .http_status = 200,
                             .sent = BOURSE_YES,
                             .body = body,
                             .body_length = strlen(body),
                             .received_ns = NOW_NS};
  bourse_transport_complete(token, &reply);
  return BOURSE_OK;
}

static void play_cancel(void *user_data, bourse_exchange_token *token) {
  (void)user_data;
  (void)token;
}

static int32_t play_connect(void *user_data, const bourse_socket_request *request, bourse_socket_token *token,
                            void **out) {
  play *p = user_data;
  p->token = token;
  p->connects++;
  snprintf(p->url, sizeof p->url, "%s", request->url);
  *out = p;
  return BOURSE_OK;
}

static int32_t play_send_message(void *user_data, void *socket, int32_t kind, const char *bytes, size_t length) {
  play *p = user_data;
  (void)socket;
  if (kind == BOURSE_MESSAGE_TEXT && p->sent_count < 16)
    snprintf(p->sent[p->sent_count++], 1500, "%.*s", (int)length, bytes);
  return BOURSE_OK;
}

static void play_pause(void *user_data, void *socket, int32_t paused) {
  (void)user_data;
  (void)socket;
  (void)paused;
}

static void play_disconnect(void *user_data, void *socket) {
  (void)socket;
  ((play *)user_data)->token = NULL;
}

static const char markets[] =
    "{\"error\":[],\"result\":{"
    "\"XXBTZUSD\":{\"altname\":\"XBTUSD\",\"wsname\":\"XBT/"
    "USD\",\"base\":\"XXBT\",\"quote\":\"ZUSD\",\"pair_decimals\":1,"
    "\"lot_decimals\":8,\"cost_decimals\":5,\"ordermin\":\"0.0001\",\"costmin\":\"0.5\",\"tick_size\":\"0.1\","
    "\"status\":"
    "\"online\",\"leverage_buy\":[2,3],\"leverage_sell\":[2,3]},"
    "\"LUNAUSD\":{\"altname\":\"LUNAUSD\",\"wsname\":\"LUNA/"
    "USD\",\"base\":\"LUNA\",\"quote\":\"ZUSD\",\"pair_decimals\":8,"
    "\"lot_decimals\":8,\"cost_decimals\":8,\"ordermin\":\"1\",\"costmin\":\"0.5\",\"tick_size\":\"0.0000001\","
    "\"status\":"
    "\"online\"}}}";

static void play_open(play *p, int32_t product, int32_t order_transport) {
  bourse_transport transport = {.struct_size = sizeof transport,
                                .api_version = BOURSE_API_VERSION,
                                .user_data = p,
                                .send = play_send,
                                .cancel = play_cancel,
                                .connect = play_connect,
                                .send_message = play_send_message,
                                .pause = play_pause,
                                .disconnect = play_disconnect};
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_options exchange_options = BOURSE_OPTIONS_INIT;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  memset(p, 0, sizeof *p);
  options.transport = &transport;
  options.clock = (bourse_clock){p, play_now, play_now};
  keys.api_key = "the-key";
  keys.secret = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
  exchange_options.credentials = &keys;
  exchange_options.product = product;
  exchange_options.order_transport = order_transport;
  CHECK_INT(bourse_context_new(&p->context, &options), BOURSE_OK);
  CHECK_INT(bourse_open(&p->exchange, p->context, "kraken", &exchange_options), BOURSE_OK);
  CHECK_INT(bourse_markets_load(p->exchange, BOURSE_PRODUCT_SPOT, markets, sizeof markets - 1), BOURSE_OK);
}

static void play_close(play *p) {
  bourse_close(p->exchange);
  bourse_context_free(p->context);
}

static void say(play *p, const char *text) {
  CHECK(p->token != NULL);
  if (p->token != NULL) bourse_socket_message(p->token, BOURSE_MESSAGE_TEXT, text, strlen(text), NOW_NS, NOW_NS);
}

static const char *last_sent(const play *p) { return p->sent_count == 0 ? "" : p->sent[p->sent_count - 1]; }

/* --- Streams --- */

static bourse_stream *watch(play *p, int32_t operation, const char *const *symbols, uint32_t count) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  bourse_stream *stream = NULL;
  if (count == 1) request.symbol = symbols[0];
  if (count > 1) request.symbols = symbols, request.symbol_count = count;
  CHECK_INT(bourse_watch(&stream, p->exchange, &request, NULL), BOURSE_OK);
  if (p->token != NULL) bourse_socket_opened(p->token);
  return stream;
}

/* Takes events until one of this kind; 0: none came. */
static int until(bourse_stream *stream, bourse_stream_event *event, int32_t kind) {
  *event = (bourse_stream_event)BOURSE_STREAM_EVENT_INIT;
  while (bourse_stream_next(stream, event) > 0)
    if (event->kind == kind) return 1;
  return 0;
}

TEST(each_symbol_is_answered_by_itself) {
  static const char *const symbols[] = {"BTC/USD", "LUNC/USD"};
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_TRADES, symbols, 2);
  CHECK_STR(p.url, "wss://ws.kraken.com/v2");
  CHECK_STR(last_sent(&p),
            "{\"method\":\"subscribe\",\"params\":{\"channel\":\"trade\",\"symbol\":[\"BTC/USD\",\"LUNA/USD\"],"
            "\"snapshot\":false},\"req_id\":1}");
  say(&p,
      "{\"method\":\"subscribe\",\"req_id\":1,\"result\":{\"channel\":\"trade\",\"snapshot\":false,\"symbol\":\"BTC/"
      "USD\"},"
      "\"success\":true}");
  CHECK_INT(bourse_stream_state(stream, "BTC/USD"), BOURSE_STREAM_LIVE);
  CHECK_INT(bourse_stream_state(stream, "LUNC/USD"), BOURSE_STREAM_SYNCING);
  say(&p,
      "{\"error\":\"Currency pair not supported LUNA/USD\",\"method\":\"subscribe\",\"req_id\":1,\"success\":false,"
      "\"symbol\":\"LUNA/USD\"}");
  CHECK_INT(bourse_stream_state(stream, "BTC/USD"), BOURSE_STREAM_LIVE);
  CHECK_INT(bourse_stream_state(stream, "LUNC/USD"), BOURSE_STREAM_CLOSED);
  CHECK(until(stream, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(event.error_code, BOURSE_ERROR_BAD_SYMBOL);
  CHECK_STR(event.error->exchange_message, "Currency pair not supported LUNA/USD");
  say(&p,
      "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"BTC/"
      "USD\",\"side\":\"buy\",\"price\":1.0,\"qty\":2.00,"
      "\"ord_type\":\"limit\",\"trade_id\":3,\"timestamp\":\"2024-01-01T00:00:00Z\"}]}");
  CHECK(until(stream, &event, BOURSE_STREAM_DATA));
  CHECK_STR(event.symbol, "BTC/USD");
  CHECK_STR(((const bourse_trade *)bourse_stream_event_record(&event, 0))->symbol, "BTC/USD");
  bourse_stream_close(stream);
  play_close(&p);
}

TEST(a_false_book_is_subscribed_anew) {
  static const char *const symbol = "BTC/USD";
  bourse_stream_event event;
  bourse_level bid, ask;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_ORDER_BOOK, &symbol, 1);
  CHECK_STR(last_sent(&p),
            "{\"method\":\"subscribe\",\"params\":{\"channel\":\"book\",\"symbol\":[\"BTC/USD\"],\"depth\":10},"
            "\"req_id\":1}");
  say(&p,
      "{\"method\":\"subscribe\",\"req_id\":1,\"result\":{\"channel\":\"book\",\"depth\":10,\"snapshot\":true,"
      "\"symbol\":"
      "\"BTC/USD\"},\"success\":true}");
  CHECK_INT(bourse_book_best(&bid, &ask, stream, NULL), BOURSE_ERROR_STATE);
  /* CRC-32 of 1020, 50000000, 1010, 150000000 in a row, worked out apart */
  say(&p,
      "{\"channel\":\"book\",\"type\":\"snapshot\",\"data\":[{\"symbol\":\"BTC/"
      "USD\",\"bids\":[{\"price\":101.0,\"qty\":1.5}],"
      "\"asks\":[{\"price\":102.0,\"qty\":0.50000000}],\"checksum\":863339030}]}");
  CHECK_INT(bourse_book_best(&bid, &ask, stream, NULL), BOURSE_OK);
  say(&p,
      "{\"channel\":\"book\",\"type\":\"update\",\"data\":[{\"symbol\":\"BTC/"
      "USD\",\"bids\":[{\"price\":101.1,\"qty\":1.5}],"
      "\"asks\":[],\"checksum\":1,\"timestamp\":\"2024-01-01T00:00:00Z\"}]}");
  CHECK_INT(bourse_book_best(&bid, &ask, stream, NULL), BOURSE_ERROR_STATE);
  CHECK(until(stream, &event, BOURSE_STREAM_GAP));
  CHECK_INT(event.gap_kind, BOURSE_GAP_CHECKSUM);
  CHECK_INT(event.gap_expected, 1);
  CHECK_STR(p.sent[p.sent_count - 2],
            "{\"method\":\"unsubscribe\",\"params\":{\"channel\":\"book\",\"symbol\":[\"BTC/USD\"],"
            "\"depth\":10},\"req_id\":2}");
  CHECK_STR(last_sent(&p),
            "{\"method\":\"subscribe\",\"params\":{\"channel\":\"book\",\"symbol\":[\"BTC/USD\"],\"depth\":10},"
            "\"req_id\":3}");
  bourse_stream_close(stream);
  play_close(&p);
}

TEST(orders_and_fills_are_one_subscription) {
  play p;
  bourse_stream_event event;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *orders = watch(&p, BOURSE_OP_WATCH_ORDERS, NULL, 0);
  CHECK_STR(p.url, "wss://ws-auth.kraken.com/v2");
  CHECK(strstr(last_sent(&p), "\"channel\":\"executions\"") != NULL);
  CHECK(strstr(last_sent(&p), "\"token\":\"sesame\"") != NULL);
  bourse_stream *fills = watch(&p, BOURSE_OP_WATCH_MY_TRADES, NULL, 0);
  CHECK_INT(p.sent_count, 1);
  CHECK_INT(p.connects, 1);
  say(&p,
      "{\"method\":\"subscribe\",\"req_id\":1,\"result\":{\"channel\":\"executions\",\"maxratecount\":180,\"snapshot\":"
      "true},"
      "\"success\":true}");
  say(&p,
      "{\"channel\":\"executions\",\"type\":\"update\",\"data\":[{\"order_id\":\"O-1\",\"exec_id\":\"T-1\",\"exec_"
      "type\":\"trade\","
      "\"symbol\":\"BTC/"
      "USD\",\"side\":\"buy\",\"last_qty\":1.0,\"last_price\":5.0,\"order_status\":\"filled\",\"cum_qty\":1.0,"
      "\"timestamp\":\"2023-11-14T22:13:20Z\"}],\"sequence\":2}");
  CHECK(until(orders, &event, BOURSE_STREAM_DATA));
  CHECK_INT(((const bourse_order *)bourse_stream_event_record(&event, 0))->status, BOURSE_ORDER_FILLED);
  CHECK(until(fills, &event, BOURSE_STREAM_DATA));
  CHECK_STR(((const bourse_fill *)bourse_stream_event_record(&event, 0))->symbol, "BTC/USD");
  bourse_stream_close(orders);
  bourse_stream_close(fills);
  play_close(&p);
}

TEST(a_dead_token_makes_a_new_connection) {
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_BALANCES, NULL, 0);
  say(&p, "{\"error\":\"ESession:Invalid session\",\"method\":\"subscribe\",\"req_id\":1,\"success\":false}");
  CHECK(p.token == NULL);
  CHECK_INT(bourse_stream_state(stream, NULL) == BOURSE_STREAM_CLOSED, 0);
  bourse_stream_close(stream);
  play_close(&p);
}

/* --- Orders --- */

static bourse_decimal decimal(const char *text) {
  bourse_decimal value;
  CHECK_INT(bourse_decimal_parse(&value, text, strlen(text)), BOURSE_OK);
  return value;
}

static bourse_order_request order_of(int32_t type, const char *amount, const char *price) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  order.symbol = "BTC/USD";
  order.side = BOURSE_SIDE_BUY;
  order.type = type;
  order.amount = decimal(amount);
  if (price != NULL) order.price = decimal(price);
  order.client_order_id = "c-1";
  return order;
}

/* Starts a request and lets the socket open. What goes over it begins with `sent`. */
static void submit(play *p, bourse_request *request, const char *sent) {
  int before = p->connects, messages = p->sent_count;
  CHECK_INT(bourse_submit(p->exchange, request, NULL), BOURSE_OK);
  bourse_run(p->context, 0);
  if (p->connects > before) bourse_socket_opened(p->token);
  if (sent == NULL) return;
  CHECK_INT(p->sent_count, messages + 1);
  CHECK_STR(last_sent(p), sent);
}

static void submit_order(play *p, int32_t operation, const bourse_order_request *order, const char *sent) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  const bourse_order_request *const orders[] = {order};
  request.orders = orders;
  request.order_count = 1;
  if (operation == BOURSE_OP_EDIT_ORDER) request.order_id = "O-1";
  submit(p, &request, sent);
}

/* The completion of the oldest request. */
static bourse_result *finish(play *p, int32_t expected) {
  bourse_event event = BOURSE_EVENT_INIT;
  bourse_run(p->context, 0);
  CHECK_INT(bourse_next(p->context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), expected);
  return event.result;
}

#define PARAMS(method_, params_, id_) \
  "{\"method\":\"" method_ "\",\"params\":{" params_ ",\"token\":\"sesame\"},\"req_id\":" id_ "}"

TEST(an_order_goes_as_a_message) {
  play p;
  bourse_order_request order = order_of(BOURSE_ORDER_LIMIT, "0.50", "27500.10");
  play_open(&p, BOURSE_PRODUCT_SPOT, BOURSE_TRANSPORT_SOCKET);
  order.post_only = BOURSE_YES;
  submit_order(
      &p, BOURSE_OP_CREATE_ORDER, &order,
      PARAMS("add_order",
             "\"order_type\":\"limit\",\"side\":\"buy\",\"order_qty\":0.50,\"limit_price\":27500.10,\"post_only\":true,"
             "\"cl_ord_id\":\"c-1\",\"symbol\":\"BTC/USD\"",
             "1"));
  CHECK_STR(p.url, "wss://ws-auth.kraken.com/v2");
  say(&p,
      "{\"method\":\"add_order\",\"req_id\":1,\"result\":{\"order_id\":\"O-1\",\"cl_ord_id\":\"c-1\"},\"success\":true,"
      "\"time_in\":\"x\",\"time_out\":\"y\"}");
  bourse_result *result = finish(&p, BOURSE_OK);
  CHECK_STR(bourse_result_order(result, 0)->id, "O-1");
  CHECK_STR(bourse_result_order(result, 0)->client_order_id, "c-1");
  CHECK_INT(bourse_result_order(result, 0)->outcome, BOURSE_OUTCOME_EXECUTED);
  bourse_result_free(result);
  play_close(&p);
}

TEST(kinds_of_orders) {
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, BOURSE_TRANSPORT_SOCKET);
  bourse_order_request order = order_of(BOURSE_ORDER_LIMIT, "0.5", "27500.1");
  order.stop_loss_price = decimal("27600.0");
  order.trigger_by = BOURSE_PRICE_INDEX;
  order.expire_ns = NOW_NS + INT64_C(3600000000000);
  order.time_in_force = BOURSE_GOOD_TILL_DATE;
  order.self_trade = BOURSE_SELF_TRADE_CANCEL_BOTH;
  submit_order(
      &p, BOURSE_OP_CREATE_ORDER, &order,
      PARAMS(
          "add_order",
          "\"order_type\":\"stop-loss-limit\",\"side\":\"buy\",\"order_qty\":0.5,\"triggers\":{\"reference\":\"index\","
          "\"price\":27600.0},\"limit_price\":27500.1,\"stp_type\":\"cancel_both\",\"time_in_force\":\"gtd\","
          "\"expire_time\":\"2023-11-14T23:13:20.000000000Z\",\"cl_ord_id\":\"c-1\",\"symbol\":\"BTC/USD\"",
          "1"));
  order = order_of(BOURSE_ORDER_MARKET, "0.5", NULL);
  order.trailing_percent = decimal("1.5");
  order.client_order_id = "c-2"; /* the one before has no answer yet */
  submit_order(
      &p, BOURSE_OP_CREATE_ORDER, &order,
      PARAMS("add_order",
             "\"order_type\":\"trailing-stop\",\"side\":\"buy\",\"order_qty\":0.5,\"triggers\":{\"reference\":\"last\","
             "\"price\":1.5,\"price_type\":\"pct\"},\"cl_ord_id\":\"c-2\",\"symbol\":\"BTC/USD\"",
             "2"));
  order = order_of(BOURSE_ORDER_MARKET, "0.5", NULL);
  memset(&order.amount, 0, sizeof order.amount);
  order.cost = decimal("100");
  order.test = BOURSE_YES;
  submit_order(
      &p, BOURSE_OP_CREATE_ORDER, &order,
      PARAMS("add_order",
             "\"order_type\":\"market\",\"side\":\"buy\",\"cash_order_qty\":100,\"cl_ord_id\":\"c-1\",\"symbol\":"
             "\"BTC/USD\",\"validate\":true",
             "3"));
  order = order_of(BOURSE_ORDER_LIMIT, "0.5", "27500.1");
  order.attached_stop_loss_trigger = decimal("27000");
  order.iceberg_amount = decimal("0.1");
  order.client_order_id = "c-3";
  submit_order(
      &p, BOURSE_OP_CREATE_ORDER, &order,
      PARAMS(
          "add_order",
          "\"order_type\":\"iceberg\",\"side\":\"buy\",\"order_qty\":0.5,\"limit_price\":27500.1,\"display_qty\":0.1,"
          "\"cl_ord_id\":\"c-3\",\"conditional\":{\"order_type\":\"stop-loss\",\"trigger_price\":27000},\"symbol\":"
          "\"BTC/USD\"",
          "4"));
  play_close(&p);
}

TEST(orders_on_margin_go_by_http) {
  play p;
  bourse_order_request order = order_of(BOURSE_ORDER_LIMIT, "0.5", "27500.1");
  play_open(&p, BOURSE_PRODUCT_SPOT, BOURSE_TRANSPORT_SOCKET);
  order.leverage = decimal("2");
  submit_order(&p, BOURSE_OP_CREATE_ORDER, &order, NULL);
  CHECK_INT(p.connects, 0);
  CHECK(strstr(p.requests[0], "/0/private/AddOrder") != NULL);
  bourse_result *result = finish(&p, BOURSE_OK);
  CHECK_STR(bourse_result_order(result, 0)->id, "O-HTTP");
  bourse_result_free(result);
  play_close(&p);
}

TEST(refusals_of_messages) {
  static const struct {
    const char *text;
    int32_t code;
  } refusals[] = {{"EOrder:Insufficient funds", BOURSE_ERROR_INSUFFICIENT_FUNDS},
                  {"EGeneral:Permission denied", BOURSE_ERROR_PERMISSION},
                  {"Limit_price field must be a number_float", BOURSE_ERROR_BAD_REQUEST},
                  {"EService:Timeout", BOURSE_ERROR_FATE_UNKNOWN},
                  {"ESession:Invalid session", BOURSE_ERROR_AUTH}};
  bourse_order_request order = order_of(BOURSE_ORDER_LIMIT, "0.5", "27500.1");
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    play p;
    char text[300];
    play_open(&p, BOURSE_PRODUCT_SPOT, BOURSE_TRANSPORT_SOCKET);
    submit_order(&p, BOURSE_OP_CREATE_ORDER, &order, NULL);
    snprintf(text, sizeof text, "{\"error\":\"%s\",\"method\":\"add_order\",\"req_id\":1,\"success\":false}",
             refusals[i].text);
    say(&p, text);
    bourse_result *result = finish(&p, refusals[i].code);
    CHECK_STR(bourse_result_error(result)->exchange_message, refusals[i].text);
    CHECK_INT(bourse_result_error(result)->outcome,
              refusals[i].code == BOURSE_ERROR_FATE_UNKNOWN ? BOURSE_OUTCOME_UNKNOWN : BOURSE_OUTCOME_REJECTED);
    bourse_result_free(result);
    play_close(&p);
  }
}

TEST(an_answer_that_says_nothing_leaves_the_fate_open) {
  play p;
  bourse_order_request order = order_of(BOURSE_ORDER_LIMIT, "0.5", "27500.1");
  play_open(&p, BOURSE_PRODUCT_SPOT, BOURSE_TRANSPORT_SOCKET);
  submit_order(&p, BOURSE_OP_CREATE_ORDER, &order, NULL);
  say(&p, "{\"method\":\"add_order\",\"req_id\":1}");
  bourse_result *result = finish(&p, BOURSE_ERROR_BAD_REPLY);
  CHECK_INT(bourse_result_error(result)->outcome, BOURSE_OUTCOME_UNKNOWN);
  bourse_result_free(result);
  play_close(&p);
}

TEST(changing_and_canceling) {
  play p;
  bourse_order_request change = BOURSE_ORDER_REQUEST_INIT;
  static const char *const ids[] = {"O-1", "O-2"}, *const client_ids[] = {"c-1", "c-2"};
  play_open(&p, BOURSE_PRODUCT_SPOT, BOURSE_TRANSPORT_SOCKET);
  change.symbol = "BTC/USD";
  change.amount = decimal("0.75");
  change.price = decimal("27000.0");
  submit_order(&p, BOURSE_OP_EDIT_ORDER, &change,
               PARAMS("amend_order", "\"order_id\":\"O-1\",\"order_qty\":0.75,\"limit_price\":27000.0", "1"));
  say(&p,
      "{\"method\":\"amend_order\",\"req_id\":1,\"result\":{\"amend_id\":\"A-1\",\"order_id\":\"O-1\"},\"success\":"
      "true}");
  bourse_result *result = finish(&p, BOURSE_OK);
  CHECK_STR(bourse_result_order(result, 0)->id, "O-1");
  bourse_result_free(result);

  bourse_request cancel = BOURSE_REQUEST_INIT(BOURSE_OP_CANCEL_ORDER);
  cancel.symbol = "BTC/USD";
  cancel.order_id = "O-1";
  submit(&p, &cancel, PARAMS("cancel_order", "\"order_id\":[\"O-1\"]", "2"));
  say(&p, "{\"method\":\"cancel_order\",\"req_id\":2,\"result\":{\"order_id\":\"O-1\"},\"success\":true}");
  result = finish(&p, BOURSE_OK);
  CHECK_INT(bourse_result_order(result, 0)->status, BOURSE_ORDER_CANCELED);
  bourse_result_free(result);

  cancel.order_id = NULL;
  cancel.client_order_id = "c-1";
  submit(&p, &cancel, PARAMS("cancel_order", "\"cl_ord_id\":[\"c-1\"]", "3"));
  say(&p, "{\"error\":\"EOrder:Unknown order\",\"method\":\"cancel_order\",\"req_id\":3,\"success\":false}");
  bourse_result_free(finish(&p, BOURSE_ERROR_ORDER_NOT_FOUND));

  bourse_request several = BOURSE_REQUEST_INIT(BOURSE_OP_CANCEL_ORDERS);
  several.symbol = "BTC/USD";
  several.order_ids = ids;
  several.order_id_count = 2;
  submit(&p, &several, PARAMS("batch_cancel", "\"orders\":[\"O-1\",\"O-2\"]", "4"));
  say(&p, "{\"method\":\"batch_cancel\",\"orders_cancelled\":2,\"req_id\":4,\"success\":true}");
  result = finish(&p, BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 2);
  CHECK_STR(bourse_result_order(result, 1)->id, "O-2");
  bourse_result_free(result);
  several.order_ids = NULL;
  several.order_id_count = 0;
  several.client_order_ids = client_ids;
  several.client_order_id_count = 2;
  submit(&p, &several, PARAMS("batch_cancel", "\"cl_ord_id\":[\"c-1\",\"c-2\"]", "5"));
  say(&p, "{\"method\":\"batch_cancel\",\"orders_cancelled\":1,\"req_id\":5,\"success\":true}");
  result = finish(&p, BOURSE_OK);
  CHECK_INT(bourse_result_order(result, 0)->outcome, BOURSE_OUTCOME_UNKNOWN);
  bourse_result_free(result);

  bourse_request all = BOURSE_REQUEST_INIT(BOURSE_OP_CANCEL_ALL_ORDERS);
  submit(&p, &all, "{\"method\":\"cancel_all\",\"params\":{\"token\":\"sesame\"},\"req_id\":6}");
  say(&p, "{\"method\":\"cancel_all\",\"req_id\":6,\"result\":{\"count\":3},\"success\":true}");
  bourse_result_free(finish(&p, BOURSE_OK));

  bourse_request timer = BOURSE_REQUEST_INIT(BOURSE_OP_CANCEL_ALL_ORDERS_AFTER);
  timer.timer_ms = 60000;
  submit(&p, &timer, PARAMS("cancel_all_orders_after", "\"timeout\":60", "7"));
  say(&p,
      "{\"method\":\"cancel_all_orders_after\",\"req_id\":7,\"result\":{\"currentTime\":\"2023-11-14T22:13:20Z\","
      "\"triggerTime\":\"2023-11-14T22:14:20Z\"},\"success\":true}");
  result = finish(&p, BOURSE_OK);
  CHECK_INT(bourse_result_receipt(result, 0)->due_ns, NOW_NS + INT64_C(60000000000));
  bourse_result_free(result);
  play_close(&p);
}

TEST(several_orders_go_as_one_message) {
  static const char *const answers[] = {
      "{\"method\":\"batch_add\",\"req_id\":1,\"result\":[{\"order_id\":\"O-1\",\"cl_ord_id\":\"c-1\"},{\"order_id\":"
      "\"O-2\"}],"
      "\"success\":true}",
      "{\"method\":\"batch_add\",\"req_id\":1,\"result\":{\"orders\":[{\"order_id\":\"O-1\",\"success\":true},{"
      "\"success\":false,"
      "\"error\":\"EOrder:Insufficient funds\"}]},\"success\":true}"};
  bourse_order_request a = order_of(BOURSE_ORDER_LIMIT, "0.5", "27500.1"),
                       b = order_of(BOURSE_ORDER_MARKET, "0.25", NULL);
  const bourse_order_request *const orders[] = {&a, &b};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDERS);
  b.client_order_id = "c-2";
  a.attached_take_profit_trigger = decimal("30000");
  a.attached_take_profit_price = decimal("29990.0");
  request.orders = orders;
  request.order_count = 2;
  for (int i = 0; i < 2; i++) {
    play p;
    play_open(&p, BOURSE_PRODUCT_SPOT, BOURSE_TRANSPORT_SOCKET);
    submit(&p, &request,
           PARAMS("batch_add",
                  "\"symbol\":\"BTC/"
                  "USD\",\"orders\":[{\"order_type\":\"limit\",\"side\":\"buy\",\"order_qty\":0.5,\"limit_price\":"
                  "27500.1,\"cl_ord_id\":\"c-1\",\"conditional\":{\"order_type\":\"take-profit-limit\",\"trigger_"
                  "price\":30000,"
                  "\"limit_price\":29990.0}},{\"order_type\":\"market\",\"side\":\"buy\",\"order_qty\":0.25,\"cl_ord_"
                  "id\":\"c-2\"}]",
                  "1"));
    say(&p, answers[i]);
    bourse_result *result = finish(&p, BOURSE_OK);
    CHECK_INT(bourse_result_count(result), 2);
    CHECK_STR(bourse_result_order(result, 0)->id, "O-1");
    CHECK_INT(bourse_result_order(result, 1)->error, i == 0 ? BOURSE_OK : BOURSE_ERROR_INSUFFICIENT_FUNDS);
    CHECK_STR(bourse_result_order(result, 1)->client_order_id, "c-2");
    bourse_result_free(result);
    play_close(&p);
  }
}

TEST_MAIN()
