/* test_bybit_stream.c - a handle of Bybit whose sockets the test plays: what is sent to log in, to subscribe and to trade,
 * answers, books held to their numbers, and tickers that tell only what changed. */
#include <bourse.h>
#include <bourse/sys/transport.h>

#include "test.h"

/* 2026-01-01T00:00:00Z */
#define NOW_NS INT64_C(1767225600000000000)

typedef struct play {
  bourse_context *context;
  bourse_exchange *exchange;
  bourse_socket_token *token; /* of the newest socket */
  int connects;
  char url[100];
  char sent[24][700]; /* messages, oldest first */
  int sent_count;
} play;

static int64_t play_now(void *user_data) {
  (void)user_data;
  return NOW_NS;
}

static int32_t play_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  const char *body = "{\"retCode\":10016,\"retMsg\":\"Service unavailable\",\"result\":{}}";
  (void)request;
  (void)user_data;
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
  if (kind == BOURSE_MESSAGE_TEXT && p->sent_count < 24)
    snprintf(p->sent[p->sent_count++], sizeof p->sent[0], "%.*s", (int)length, bytes);
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

#define LIST(category_, rows_)                                                                   \
  "{\"retCode\":0,\"retMsg\":\"OK\",\"result\":{\"category\":\"" category_ "\",\"list\":[" rows_ \
  "],\"nextPageCursor\":\"\"}}"

static const char spot[] =
    LIST("spot",
         "{\"symbol\":\"BTCUSDT\",\"baseCoin\":\"BTC\",\"quoteCoin\":\"USDT\",\"status\":\"Trading\","
         "\"lotSizeFilter\":{\"basePrecision\":\"0.000001\",\"quotePrecision\":\"0.01\",\"minOrderAmt\":\"5\"},"
         "\"priceFilter\":{\"tickSize\":\"0.01\"}},"
         "{\"symbol\":\"ETHUSDT\",\"baseCoin\":\"ETH\",\"quoteCoin\":\"USDT\",\"status\":\"Trading\","
         "\"lotSizeFilter\":{\"basePrecision\":\"0.00001\",\"quotePrecision\":\"0.01\",\"minOrderAmt\":\"5\"},"
         "\"priceFilter\":{\"tickSize\":\"0.01\"}}");
static const char linear[] = LIST(
    "linear",
    "{\"symbol\":\"BTCUSDT\",\"contractType\":\"LinearPerpetual\",\"status\":\"Trading\",\"baseCoin\":\"BTC\","
    "\"quoteCoin\":\"USDT\",\"settleCoin\":\"USDT\",\"deliveryTime\":\"0\",\"fundingInterval\":480,"
    "\"priceFilter\":{\"tickSize\":\"0.10\"},\"lotSizeFilter\":{\"qtyStep\":\"0.001\",\"minOrderQty\":\"0.001\"}}");
static const char options_[] =
    LIST("option",
         "{\"symbol\":\"BTC-26DEC26-100000-C-USDT\",\"status\":\"Trading\",\"baseCoin\":\"BTC\",\"quoteCoin\":\"USDT\","
         "\"settleCoin\":\"USDT\",\"optionsType\":\"Call\",\"deliveryTime\":\"1798272000000\","
         "\"priceFilter\":{\"tickSize\":\"5\"},\"lotSizeFilter\":{\"qtyStep\":\"0.01\",\"minOrderQty\":\"0.01\"}}");

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
  keys.secret = "the-secret";
  exchange_options.credentials = &keys;
  exchange_options.product = product;
  exchange_options.order_transport = order_transport;
  exchange_options.clock_sync = BOURSE_NO;
  CHECK_INT(bourse_context_new(&p->context, &options), BOURSE_OK);
  CHECK_INT(bourse_open(&p->exchange, p->context, "bybit", &exchange_options), BOURSE_OK);
  CHECK_INT(bourse_markets_load(p->exchange, BOURSE_PRODUCT_SPOT, spot, sizeof spot - 1), BOURSE_OK);
  CHECK_INT(bourse_markets_load(p->exchange, BOURSE_PRODUCT_LINEAR, linear, sizeof linear - 1), BOURSE_OK);
  CHECK_INT(bourse_markets_load(p->exchange, BOURSE_PRODUCT_OPTION, options_, sizeof options_ - 1), BOURSE_OK);
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

static bourse_stream *watch(play *p, int32_t operation, const char *const *symbols, uint32_t count) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  bourse_stream *stream = NULL;
  int connects = p->connects;
  if (count == 1) request.symbol = symbols[0];
  if (count > 1) request.symbols = symbols, request.symbol_count = count;
  CHECK_INT(bourse_watch(&stream, p->exchange, &request, NULL), BOURSE_OK);
  if (p->connects > connects) bourse_socket_opened(p->token);
  return stream;
}

/* Takes events until one of this kind; 0: none came. */
static int until(bourse_stream *stream, bourse_stream_event *event, int32_t kind) {
  *event = (bourse_stream_event)BOURSE_STREAM_EVENT_INIT;
  while (bourse_stream_next(stream, event) > 0)
    if (event->kind == kind) return 1;
  return 0;
}

static const char *text_of(const bourse_decimal *value) {
  static char texts[8][BOURSE_DECIMAL_TEXT_SIZE];
  static uint32_t turn;
  char *text = texts[turn++ % 8];
  bourse_decimal_format(text, BOURSE_DECIMAL_TEXT_SIZE, value);
  return text;
}

/* --- Logging in --- */

/* The signature was made with OpenSSL. */
TEST(the_account_is_logged_into) {
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_LINEAR, 0);
  bourse_stream *orders = watch(&p, BOURSE_OP_WATCH_ORDERS, NULL, 0);
  CHECK_STR(p.url, "wss://stream.bybit.com/v5/private");
  CHECK_STR(last_sent(&p),
            "{\"req_id\":\"login\",\"op\":\"auth\",\"args\":[\"the-key\",1767225610000,"
            "\"f642ef4a3d91e72fe90253bb750a3baf5dd83517308a2b4a4be69bbba248c94f\"]}");
  say(&p, "{\"success\":true,\"ret_msg\":\"\",\"op\":\"auth\",\"req_id\":\"login\",\"conn_id\":\"cejreaspqfh3\"}");
  CHECK_STR(last_sent(&p), "{\"req_id\":\"1\",\"op\":\"subscribe\",\"args\":[\"order.linear\"]}");
  say(&p, "{\"success\":true,\"ret_msg\":\"\",\"op\":\"subscribe\",\"req_id\":\"1\",\"conn_id\":\"cejreaspqfh3\"}");
  say(&p,
      "{\"id\":\"1\",\"topic\":\"order\",\"creationTime\":1767225600100,\"data\":["
      "{\"category\":\"spot\",\"symbol\":\"BTCUSDT\",\"orderId\":\"31\",\"side\":\"Buy\",\"orderType\":\"Limit\","
      "\"price\":"
      "\"100\",\"qty\":\"2\",\"timeInForce\":\"GTC\",\"orderStatus\":\"New\",\"cumExecQty\":\"0\",\"createdTime\":"
      "\"1767225600000\",\"updatedTime\":\"1767225600001\"},"
      "{\"category\":\"linear\",\"symbol\":\"BTCUSDT\",\"orderId\":\"32\",\"orderLinkId\":\"c1\",\"side\":\"Sell\","
      "\"orderType\":\"Limit\",\"price\":\"100\",\"qty\":\"2.000\",\"timeInForce\":\"PostOnly\",\"orderStatus\":"
      "\"PartiallyFilled\",\"avgPrice\":\"100\",\"cumExecQty\":\"0.500\",\"cumExecValue\":\"50\",\"positionIdx\":2,"
      "\"reduceOnly\":true,\"createdTime\":\"1767225600000\",\"updatedTime\":\"1767225600001\"}]}");
  CHECK(until(orders, &event, BOURSE_STREAM_DATA));
  CHECK_INT(event.count, 1); /* that of spot is not the futures handle's */
  const bourse_order *order = bourse_stream_event_record(&event, 0);
  CHECK_STR(order->symbol, "BTC/USDT:USDT");
  CHECK_STR(order->client_order_id, "c1");
  CHECK_STR(text_of(&order->filled), "0.500");
  CHECK_STR(text_of(&order->remaining), "1.500");
  CHECK_INT(order->status, BOURSE_ORDER_OPEN);
  CHECK_INT(order->position_side, BOURSE_POSITION_SHORT);
  CHECK_INT(order->post_only, BOURSE_YES);
  bourse_stream_close(orders);
  play_close(&p);
}

TEST(a_refused_login_is_the_keys_fault) {
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_BALANCES, NULL, 0);
  say(&p,
      "{\"success\":false,\"ret_msg\":\"error:failed to auth, invalid api key\",\"op\":\"auth\",\"req_id\":\"login\","
      "\"conn_id\":\"a\"}");
  CHECK(until(stream, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(event.error_code, BOURSE_ERROR_AUTH);
  CHECK(strstr(event.error->message, "invalid api key") != NULL);
  bourse_stream_close(stream);
  play_close(&p);
}

/* --- Subscribing --- */

TEST(a_subscription_is_answered_by_its_number) {
  static const char *const symbols[] = {"BTC/USDT", "ETH/USDT"};
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_TRADES, symbols, 2);
  CHECK_STR(p.url, "wss://stream.bybit.com/v5/public/spot");
  CHECK_STR(last_sent(&p),
            "{\"req_id\":\"1\",\"op\":\"subscribe\",\"args\":[\"publicTrade.BTCUSDT\",\"publicTrade.ETHUSDT\"]}");
  CHECK_INT(bourse_stream_state(stream, "BTC/USDT"), BOURSE_STREAM_SYNCING);
  say(&p,
      "{\"success\":false,\"ret_msg\":\"error:already subscribed,topic:publicTrade.BTCUSDT\",\"op\":\"subscribe\","
      "\"req_id\":\"1\",\"conn_id\":\"a\"}");
  CHECK_INT(bourse_stream_state(stream, "BTC/USDT"), BOURSE_STREAM_LIVE);
  say(&p,
      "{\"topic\":\"publicTrade.BTCUSDT\",\"type\":\"snapshot\",\"ts\":1767225600001,\"data\":[{\"T\":1767225600000,"
      "\"s\":\"BTCUSDT\",\"S\":\"Sell\",\"v\":\"0.10\",\"p\":\"100.1\",\"i\":\"9\",\"BT\":false}]}");
  CHECK(until(stream, &event, BOURSE_STREAM_DATA));
  const bourse_trade *trade = bourse_stream_event_record(&event, 0);
  CHECK_STR(trade->symbol, "BTC/USDT");
  CHECK_STR(text_of(&trade->amount), "0.10");
  CHECK_INT(trade->side, BOURSE_SIDE_SELL);
  bourse_stream_close(stream);
  play_close(&p);
}

TEST(a_refused_subscription_is_told) {
  static const char *const symbol = "BTC/USDT";
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_TICKER, &symbol, 1);
  say(&p,
      "{\"success\":false,\"ret_msg\":\"error:handler not "
      "found,topic:tickers.BTCUSDT\",\"conn_id\":\"a\",\"req_id\":\"1\","
      "\"op\":\"subscribe\"}");
  CHECK(until(stream, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(event.error_code, BOURSE_ERROR_BAD_REQUEST);
  CHECK_INT(bourse_stream_state(stream, symbol), BOURSE_STREAM_CLOSED);
  bourse_stream_close(stream);
  play_close(&p);
}

TEST(options_are_answered_by_names) {
  static const char *const symbol = "BTC/USDT:USDT-261226-100000-C";
  play p;
  play_open(&p, BOURSE_PRODUCT_OPTION, 0);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_TICKER, &symbol, 1);
  CHECK_STR(p.url, "wss://stream.bybit.com/v5/public/option");
  CHECK_STR(last_sent(&p), "{\"req_id\":\"1\",\"op\":\"subscribe\",\"args\":[\"tickers.BTC-26DEC26-100000-C-USDT\"]}");
  say(&p,
      "{\"success\":true,\"conn_id\":\"a\",\"data\":{\"failTopics\":[],\"successTopics\":"
      "[\"tickers.BTC-26DEC26-100000-C-USDT\"]},\"type\":\"COMMAND_RESP\"}");
  CHECK_INT(bourse_stream_state(stream, symbol), BOURSE_STREAM_LIVE);
  bourse_stream_close(stream);
  play_close(&p);
}

/* --- Tickers --- */

TEST(tickers_are_whole_when_they_are_handed_on) {
  static const char *const symbol = "BTC/USDT:USDT";
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_LINEAR, 0);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_TICKER, &symbol, 1);
  say(&p, "{\"success\":true,\"ret_msg\":\"\",\"op\":\"subscribe\",\"req_id\":\"1\",\"conn_id\":\"a\"}");
  say(&p,
      "{\"topic\":\"tickers.BTCUSDT\",\"type\":\"snapshot\",\"data\":{\"symbol\":\"BTCUSDT\",\"lastPrice\":\"100.5\","
      "\"markPrice\":\"100.4\",\"bid1Price\":\"100.4\",\"bid1Size\":\"2\",\"ask1Price\":\"100.6\",\"ask1Size\":\"3\"},"
      "\"cs\":1,\"ts\":1767225600000}");
  CHECK(until(stream, &event, BOURSE_STREAM_DATA));
  say(&p,
      "{\"topic\":\"tickers.BTCUSDT\",\"type\":\"delta\",\"data\":{\"symbol\":\"BTCUSDT\",\"bid1Price\":\"100.5\","
      "\"bid1Size\":\"1\"},\"cs\":2,\"ts\":1767225600100}");
  CHECK(until(stream, &event, BOURSE_STREAM_DATA));
  const bourse_ticker *ticker = bourse_stream_event_record(&event, 0);
  CHECK_STR(text_of(&ticker->bid), "100.5");
  CHECK_STR(text_of(&ticker->ask), "100.6");
  CHECK_STR(text_of(&ticker->last), "100.5");
  CHECK_INT(ticker->time_ns, INT64_C(1767225600100000000));
  say(&p,
      "{\"topic\":\"tickers.BTCUSDT\",\"type\":\"snapshot\",\"data\":{\"symbol\":\"BTCUSDT\",\"lastPrice\":\"99\"},"
      "\"cs\":3,\"ts\":1767225600200}");
  CHECK(until(stream, &event, BOURSE_STREAM_DATA));
  ticker = bourse_stream_event_record(&event, 0);
  CHECK_STR(text_of(&ticker->last), "99");
  CHECK(!bourse_decimal_is_present(&ticker->ask)); /* it is all there is now */
  bourse_stream_close(stream);
  play_close(&p);
}

/* --- Books --- */

#define BOOK(type_, bids_, asks_, number_)                                                                 \
  "{\"topic\":\"orderbook.50.BTCUSDT\",\"type\":\"" type_                                                  \
  "\",\"ts\":1767225600123,\"data\":{\"s\":\"BTCUSDT\",\"b\":[" bids_ "],\"a\":[" asks_ "],\"u\":" number_ \
  ",\"seq\":7961638724},\"cts\":1767225600120}"
#define LEVEL(price_, amount_) "[\"" price_ "\",\"" amount_ "\"]"
#define SUBSCRIBED(id_) \
  "{\"success\":true,\"ret_msg\":\"\",\"op\":\"subscribe\",\"req_id\":\"" id_ "\",\"conn_id\":\"a\"}"
#define UNSUBSCRIBED(id_) \
  "{\"success\":true,\"ret_msg\":\"\",\"op\":\"unsubscribe\",\"req_id\":\"" id_ "\",\"conn_id\":\"a\"}"

static const char *best(bourse_stream *stream) {
  static char text[100];
  bourse_level bid, ask;
  if (bourse_book_best(&bid, &ask, stream, NULL) != BOURSE_OK) return "none";
  snprintf(text, sizeof text, "%s %s / %s %s", text_of(&bid.price), text_of(&bid.amount), text_of(&ask.price),
           text_of(&ask.amount));
  return text;
}

static bourse_stream *live_book(play *p) {
  static const char *const symbol = "BTC/USDT";
  bourse_stream *stream = watch(p, BOURSE_OP_WATCH_ORDER_BOOK, &symbol, 1);
  bourse_run(p->context, 0);
  CHECK_STR(last_sent(p), "{\"req_id\":\"1\",\"op\":\"subscribe\",\"args\":[\"orderbook.50.BTCUSDT\"]}");
  say(p, SUBSCRIBED("1"));
  CHECK_STR(best(stream), "none");
  say(p, BOOK("snapshot", LEVEL("100", "1") "," LEVEL("99", "2"), LEVEL("101", "3"), "7"));
  return stream;
}

TEST(books_are_held_to_their_numbers) {
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = live_book(&p);
  CHECK_STR(best(stream), "100 1 / 101 3");
  say(&p, BOOK("delta", LEVEL("100", "0"), LEVEL("100.5", "4"), "8"));
  CHECK_STR(best(stream), "99 2 / 100.5 4");
  say(&p, BOOK("delta", LEVEL("99", "9"), "", "8")); /* again the same number: it changes nothing */
  CHECK_STR(best(stream), "99 2 / 100.5 4");
  say(&p, BOOK("delta", LEVEL("99", "5"), "", "10")); /* 9 is lost */
  CHECK_STR(best(stream), "none");
  CHECK(until(stream, &event, BOURSE_STREAM_GAP));
  CHECK_INT(event.gap_expected, 9);
  CHECK_INT(event.gap_found, 10);
  bourse_run(p.context, 0);
  CHECK_INT(p.sent_count, 3);
  CHECK_STR(p.sent[1], "{\"req_id\":\"2\",\"op\":\"unsubscribe\",\"args\":[\"orderbook.50.BTCUSDT\"]}");
  CHECK_STR(p.sent[2], "{\"req_id\":\"3\",\"op\":\"subscribe\",\"args\":[\"orderbook.50.BTCUSDT\"]}");
  say(&p, BOOK("delta", LEVEL("99", "6"), "", "11"));
  CHECK_STR(best(stream), "none");
  say(&p, UNSUBSCRIBED("2"));
  say(&p, SUBSCRIBED("3"));
  say(&p, BOOK("snapshot", LEVEL("98", "1"), LEVEL("102", "1"), "20"));
  CHECK_STR(best(stream), "98 1 / 102 1");
  bourse_stream_close(stream);
  play_close(&p);
}

/* Their service began anew: whatever the type says, it is the whole book. */
TEST(number_one_is_a_whole_book) {
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = live_book(&p);
  say(&p, BOOK("delta", LEVEL("90", "1"), LEVEL("91", "2"), "1"));
  CHECK_STR(best(stream), "90 1 / 91 2");
  say(&p, BOOK("delta", LEVEL("90", "0"), "", "2"));
  say(&p, BOOK("snapshot", LEVEL("80", "1"), LEVEL("81", "2"), "900")); /* and so is any later one that says so */
  CHECK_STR(best(stream), "80 1 / 81 2");
  say(&p, BOOK("delta", LEVEL("80", "3"), "", "901"));
  CHECK_STR(best(stream), "80 3 / 81 2");
  bourse_stream_close(stream);
  play_close(&p);
}

TEST(a_crossed_book_is_not_shown) {
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = live_book(&p);
  say(&p, BOOK("delta", LEVEL("102", "1"), "", "8"));
  CHECK_STR(best(stream), "none");
  CHECK(until(stream, &event, BOURSE_STREAM_GAP));
  bourse_stream_close(stream);
  play_close(&p);
}

TEST_MAIN()
