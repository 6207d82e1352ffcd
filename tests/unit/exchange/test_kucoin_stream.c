/* test_kucoin_stream.c - a handle of KuCoin whose sockets the test plays: tokens that say where to connect to, and die; the greeting
 * that is waited for, answers by number, books of futures, whose messages tell one level; what is told of the account, and orders as
 * messages. */
#include <bourse.h>
#include <bourse/sys/replay.h>
#include <bourse/sys/transport.h>

#include "exchange/kucoin/kucoin.h"
#include "test.h"

/* 2026-01-01T00:00:00Z */
#define NOW_NS INT64_C(1767225600000000000)

typedef struct play {
  bourse_context *context;
  bourse_exchange *exchange;
  bourse_socket_token *token; /* of the newest socket */
  int connects;
  char url[300];
  char token_url[100]; /* that was asked for the newest token */
  char sent[24][700];  /* messages, oldest first */
  int sent_count;
  const char *book; /* what a request of a book is answered; NULL: an error */
  int book_requests, token_requests;
  int64_t later_ns; /* than NOW_NS */
} play;

static int64_t play_now(void *user_data) {
  const play *p = user_data;
  return NOW_NS + p->later_ns;
}

static int32_t play_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  play *p = user_data;
  char text[300];
  const char *body = "{\"code\":\"500000\",\"msg\":\"Internal Server Error\"}";
  if (strstr(request->url, "/bullet-p") != NULL) {
    (void)snprintf(text, sizeof text,
                   "{\"code\":\"200000\",\"data\":{\"token\":\"token-%d\",\"instanceServers\":[{\"endpoint\":"
                   "\"wss://ws-api.kucoin.com/\",\"encrypt\":true,\"protocol\":\"websocket\",\"pingInterval\":18000,"
                   "\"pingTimeout\":10000}]}}",
                   ++p->token_requests);
    body = text;
    snprintf(p->token_url, sizeof p->token_url, "%s", request->url);
  }
  if (strstr(request->url, "/level2/") != NULL) {
    p->book_requests++;
    if (p->book != NULL) body = p->book;
  }
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

static const char spot[] =
    "{\"code\":\"200000\",\"data\":[{\"symbol\":\"BTC-USDT\",\"name\":\"BTC-USDT\",\"baseCurrency\":\"BTC\","
    "\"quoteCurrency\":\"USDT\",\"feeCurrency\":\"USDT\",\"market\":\"USDS\",\"baseMinSize\":\"0.00001\","
    "\"quoteMinSize\":\"0.1\",\"baseMaxSize\":\"10000\",\"quoteMaxSize\":\"99999999\",\"baseIncrement\":\"0.00000001\","
    "\"quoteIncrement\":\"0.000001\",\"priceIncrement\":\"0.1\",\"minFunds\":\"0.1\",\"isMarginEnabled\":true,"
    "\"enableTrading\":true},{\"symbol\":\"ETH-USDT\",\"name\":\"ETH-USDT\",\"baseCurrency\":\"ETH\",\"quoteCurrency\":"
    "\"USDT\",\"feeCurrency\":\"USDT\",\"market\":\"USDS\",\"baseMinSize\":\"0.00001\",\"quoteMinSize\":\"0.1\","
    "\"baseMaxSize\":\"10000\",\"quoteMaxSize\":\"99999999\",\"baseIncrement\":\"0.00000001\",\"quoteIncrement\":\"0."
    "000001\",\"priceIncrement\":\"0.1\",\"minFunds\":\"0.1\",\"isMarginEnabled\":true,\"enableTrading\":true}]}";
static const char futures[] =
    "{\"code\":\"200000\",\"data\":[{\"symbol\":\"XBTUSDTM\",\"type\":\"FFWCSX\",\"expireDate\":null,\"baseCurrency\":"
    "\"XBT\",\"quoteCurrency\":\"USDT\",\"settleCurrency\":\"USDT\",\"maxOrderQty\":1000000,\"lotSize\":1,\"tickSize\":"
    "0.1,\"multiplier\":0.001,\"isInverse\":false,\"status\":\"Open\"}]}";

/* The keys are those of the worked examples. */
static void play_open_as(play *p, int32_t product, int32_t order_transport, const bourse_param *setting) {
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
  keys.api_key = "65f0c0ffee0123456789abcd";
  keys.secret = "00000000-1111-2222-3333-444444444444";
  keys.passphrase = "demo-passphrase";
  exchange_options.credentials = &keys;
  exchange_options.product = product;
  exchange_options.order_transport = order_transport;
  exchange_options.settings = setting;
  exchange_options.setting_count = setting != NULL;
  exchange_options.clock_sync = BOURSE_NO;
  CHECK_INT(bourse_context_new(&p->context, &options), BOURSE_OK);
  CHECK_INT(bourse_open(&p->exchange, p->context, "kucoin", &exchange_options), BOURSE_OK);
  CHECK_INT(bourse_markets_load(p->exchange, BOURSE_PRODUCT_SPOT, spot, sizeof spot - 1), BOURSE_OK);
  CHECK_INT(bourse_markets_load(p->exchange, BOURSE_PRODUCT_LINEAR, futures, sizeof futures - 1), BOURSE_OK);
}

static void play_open(play *p, int32_t product) { play_open_as(p, product, 0, NULL); }

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

/* --- Connecting --- */

TEST(nothing_is_said_before_the_greeting) {
  static const char *const symbols[] = {"BTC/USDT", "ETH/USDT"};
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_TRADES, symbols, 2);
  CHECK_STR(p.url, "wss://ws-api.kucoin.com/?token=token-1&connectId=1767225600000");
  CHECK_INT(p.token_requests, 1);
  CHECK_INT(p.sent_count, 0);
  say(&p, "{\"id\":\"1767225600000\",\"type\":\"welcome\"}");
  CHECK_STR(last_sent(&p),
            "{\"id\":\"1\",\"type\":\"subscribe\",\"topic\":\"/market/match:BTC-USDT,ETH-USDT\","
            "\"privateChannel\":false,\"response\":true}");
  CHECK_INT(bourse_stream_state(stream, "BTC/USDT"), BOURSE_STREAM_SYNCING);
  say(&p, "{\"id\":\"1\",\"type\":\"ack\"}");
  CHECK_INT(bourse_stream_state(stream, "BTC/USDT"), BOURSE_STREAM_LIVE);
  CHECK_INT(bourse_stream_state(stream, "ETH/USDT"), BOURSE_STREAM_LIVE);
  say(&p,
      "{\"data\":{\"sequence\":\"9\",\"type\":\"match\",\"symbol\":\"ETH-USDT\",\"side\":\"sell\",\"price\":\"100.1\","
      "\"size\":\"0.10\",\"tradeId\":\"77\",\"takerOrderId\":\"1\",\"makerOrderId\":\"2\",\"time\":"
      "\"1767225600005000000\"},\"subject\":\"trade.l3match\",\"topic\":\"/market/match:ETH-USDT\",\"type\":"
      "\"message\"}");
  CHECK(until(stream, &event, BOURSE_STREAM_DATA));
  const bourse_trade *trade = bourse_stream_event_record(&event, 0);
  CHECK_STR(trade->symbol, "ETH/USDT");
  CHECK_STR(text_of(&trade->amount), "0.10");
  CHECK_INT(trade->side, BOURSE_SIDE_SELL);
  bourse_stream_close(stream);
  play_close(&p);
}

TEST(a_refusal_names_the_request_by_its_number) {
  static const char *const symbol = "BTC/USDT";
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_TRADES, &symbol, 1);
  say(&p, "{\"id\":\"1767225600000\",\"type\":\"welcome\"}");
  say(&p, "{\"id\":\"1\",\"type\":\"error\",\"code\":404,\"data\":\"topic /market/match:BTC-USDT is not found\"}");
  CHECK_INT(bourse_stream_state(stream, "BTC/USDT"), BOURSE_STREAM_CLOSED);
  CHECK(until(stream, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(event.error_code, BOURSE_ERROR_BAD_REQUEST);
  CHECK_STR(event.error->exchange_message, "topic /market/match:BTC-USDT is not found");
  bourse_stream_close(stream);
  play_close(&p);
}

/* --- Books of futures --- */

#define CHANGE(sequence_, change_)                                                                        \
  "{\"topic\":\"/contractMarket/level2:XBTUSDTM\",\"type\":\"message\",\"subject\":\"level2\",\"data\":{" \
  "\"sequence\":" sequence_ ",\"change\":\"" change_ "\",\"timestamp\":1767225600000}}"

static const char whole[] =
    "{\"code\":\"200000\",\"data\":{\"symbol\":\"XBTUSDTM\",\"sequence\":100,\"bids\":[[100.0,5],[99.9,7]],"
    "\"asks\":[[100.1,3],[100.2,9]],\"ts\":1767225600000000000}}";

static const char *best(const bourse_stream *stream, int32_t side) {
  bourse_level level;
  uint32_t count = 1;
  if (bourse_book_levels(&level, &count, stream, "BTC/USDT:USDT", side) != BOURSE_OK || count == 0) return "none";
  return text_of(&level.amount);
}

TEST(a_book_of_futures_goes_on_level_by_level) {
  static const char *const symbol = "BTC/USDT:USDT";
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_LINEAR);
  p.book = whole;
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_ORDER_BOOK, &symbol, 1);
  say(&p, "{\"id\":\"1767225600000\",\"type\":\"welcome\"}");
  CHECK_INT(p.sent_count, 1);
  say(&p, "{\"id\":\"1\",\"type\":\"ack\"}");
  say(&p, CHANGE("100", "100.0,buy,5"));
  say(&p, CHANGE("101", "100.0,buy,6"));
  (void)bourse_run(p.context, 0);
  CHECK_INT(p.book_requests, 1);
  CHECK_STR(best(stream, BOURSE_SIDE_BUY), "0.006"); /* contracts are of a thousandth */
  CHECK_STR(best(stream, BOURSE_SIDE_SELL), "0.003");
  say(&p, CHANGE("102", "100.1,sell,0"));
  CHECK_STR(best(stream, BOURSE_SIDE_SELL), "0.009");
  p.book = NULL; /* it is not repaired at once */
  say(&p, CHANGE("104", "100.0,buy,1"));
  CHECK_STR(best(stream, BOURSE_SIDE_BUY), "none");
  CHECK(until(stream, &event, BOURSE_STREAM_GAP));
  bourse_stream_close(stream);
  play_close(&p);
}

/* Times are of seconds, milliseconds, microseconds or nanoseconds, by their size; what no unit makes a time is refused. */
TEST(times_are_of_several_units) {
  static const struct {
    int64_t number, time_ns;
  } cases[] = {{1767225600, NOW_NS},
               {1767225600000, NOW_NS},
               {1767225600000000, NOW_NS},
               {NOW_NS, NOW_NS},
               {INT64_MAX, INT64_MAX},
               {9223372036, INT64_C(9223372036000000000)},
               {9223372037, 0},
               {99999999999, 0},
               {9223372036854, INT64_C(9223372036854000000)},
               {9223372036855, 0},
               {9223372036854775, INT64_C(9223372036854775000)},
               {99999999999999999, 0},
               {0, 0},
               {-1, 0}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
    CHECK_INT(bourse__kucoin_time_of(cases[i].number), cases[i].time_ns);
}

/* --- Members in any order --- */

typedef struct told {
  int32_t kind;
  uint32_t count;
} told;

static void on_told(void *user_data, const bourse_stream_event *event) {
  told *t = user_data;
  if (event->kind != BOURSE_STREAM_DATA) return;
  t->kind = event->record_kind;
  t->count += event->count;
}

#define PRICES "{\"bestAsk\":\"3\",\"bestAskSize\":\"1\",\"bestBid\":\"1\",\"bestBidSize\":\"1\",\"price\":\"2\"}"
#define TRADE                                                                                                      \
  "{\"symbol\":\"BTC-USDT\",\"side\":\"buy\",\"size\":\"1\",\"price\":\"2\",\"type\":\"match\",\"tradeId\":\"7\"," \
  "\"time\":\"1767225600000000000\"}"

/* What tells messages apart may stand behind their data, and what looks like it there may not be it. */
TEST(topics_stand_before_the_data_or_behind) {
  static const struct {
    const char *text;
    int32_t kind; /* of the record that comes; 0: none does */
  } cases[] = {
      {"{\"topic\":\"/market/ticker:all\",\"type\":\"message\",\"subject\":\"BTC-USDT\",\"data\":" PRICES "}",
       BOURSE_KIND_TICKER},
      {"{\"type\":\"message\",\"topic\":\"/market/ticker:all\",\"subject\":\"BTC-USDT\",\"data\":" PRICES "}",
       BOURSE_KIND_TICKER},
      {"{\"data\":" PRICES ",\"subject\":\"BTC-USDT\",\"topic\":\"/market/ticker:all\",\"type\":\"message\"}",
       BOURSE_KIND_TICKER},
      {"{\"data\":" PRICES ",\"type\":\"message\",\"topic\":\"/market/ticker:all\",\"subject\":\"BTC-USDT\"}",
       BOURSE_KIND_TICKER},
      {"{\"data\":" TRADE ",\"subject\":\"x\",\"topic\":\"/market/match:BTC-USDT\",\"type\":\"message\"}",
       BOURSE_KIND_TRADE},
      {"{\"data\":" TRADE
       ",\"topic\":\"/market/match:BTC-USDT\",\"x\\\"topic\":\"/market/ticker:all\",\"type\":\"message\"}",
       BOURSE_KIND_TRADE},
      {"{\"data\":" TRADE
       ",\"topic\":\"/market/match:BTC-USDT\",\"x\\\"topic\":\"/market/level2:BTC-USDT\",\"type\":\"message\"}",
       BOURSE_KIND_TRADE},
      {"{\"data\":" PRICES
       ",\"topic\":\"/market/match:BTC-USDT\",\"x\\\"topic\":\"/market/ticker:all\",\"type\":\"message\"}",
       0},
      {"{\"data\":" PRICES ",\"x\\\"topic\":\"/market/ticker:all\",\"type\":\"message\"}", 0},
      {"{\"data\":" PRICES ",\"subject\":\"BTC-USDT\",\"topic\":\"/market/ticker:all\",\"type\":\"message\"", 0},
      {"{\"data\":null,\"subject\":\"BTC-USDT\",\"subject2\":\"................\",\"topic\":\"/market/"
       "ticker:all\",\"type\":\"message\"}",
       0},
      {"{\"data\":{\"price\":\"2\",\"time\":99999999999},\"topic\":\"/market/ticker:BTC-USDT\",\"type\":\"message\"}",
       0},
      {"{\"data\":[],\"topic\":\"/indicator/index:USDT-BTC\",\"type\":\"message\",\"subject\":\"tick\"}", -1},
  };
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    told t = {0, 0};
    bourse_replay *replay;
    CHECK_INT(bourse_replay_new(&replay, p.exchange, on_told, &t), BOURSE_OK);
    int32_t code = bourse_replay_message(replay, 1, cases[i].text, strlen(cases[i].text), 1);
    if (code != (cases[i].kind == 0 ? BOURSE_ERROR_BAD_REPLY : BOURSE_OK) ||
        (cases[i].kind > 0 && t.kind != cases[i].kind) || t.count != (cases[i].kind > 0 ? 1u : 0u))
      TEST_FAIL("%s, %u records of kind %d: %s", bourse_error_name(code), t.count, t.kind, cases[i].text);
    bourse_replay_free(replay);
  }
  play_close(&p);
}

/* --- The account --- */

#define WELCOME "{\"id\":\"1767225600000\",\"type\":\"welcome\"}"
#define MATCHED                                                                                                       \
  "{\"topic\":\"/spotMarket/tradeOrdersV2\",\"type\":\"message\",\"subject\":\"orderChange\",\"userId\":\"1\","       \
  "\"channelType\":\"private\",\"data\":{\"orderId\":\"9001\",\"clientOid\":\"c1\",\"symbol\":\"BTC-USDT\",\"side\":" \
  "\"sell\",\"orderType\":\"limit\",\"type\":\"match\",\"status\":\"match\",\"price\":\"100.1\",\"size\":\"2\","      \
  "\"originSize\":\"2\",\"filledSize\":\"0.5\",\"remainSize\":\"1.5\",\"canceledSize\":\"0\",\"tradeId\":\"77\","     \
  "\"matchPrice\":"                                                                                                   \
  "\"100.2\",\"matchSize\":\"0.5\",\"liquidity\":\"maker\",\"feeType\":\"makerFee\",\"orderTime\":1767225599000,"     \
  "\"ts\":"                                                                                                           \
  "1767225600123000001}}"

TEST(orders_and_fills_are_one_subscription) {
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT);
  bourse_stream *orders = watch(&p, BOURSE_OP_WATCH_ORDERS, NULL, 0);
  CHECK_STR(p.token_url, "https://api.kucoin.com/api/v1/bullet-private");
  say(&p, WELCOME);
  CHECK_STR(last_sent(&p),
            "{\"id\":\"1\",\"type\":\"subscribe\",\"topic\":\"/spotMarket/tradeOrdersV2\",\"privateChannel\":true,"
            "\"response\":true}");
  bourse_stream *fills = watch(&p, BOURSE_OP_WATCH_MY_TRADES, NULL, 0);
  say(&p, "{\"id\":\"1\",\"type\":\"ack\"}");
  CHECK_INT(p.connects, 1);
  CHECK_INT(p.sent_count, 1);
  say(&p, MATCHED);
  CHECK(until(orders, &event, BOURSE_STREAM_DATA));
  const bourse_order *order = bourse_stream_event_record(&event, 0);
  CHECK_STR(order->id, "9001");
  CHECK_STR(order->client_order_id, "c1");
  CHECK_INT(order->status, BOURSE_ORDER_OPEN);
  CHECK_STR(text_of(&order->filled), "0.5");
  CHECK_STR(text_of(&order->remaining), "1.5");
  CHECK(until(fills, &event, BOURSE_STREAM_DATA));
  const bourse_fill *fill = bourse_stream_event_record(&event, 0);
  CHECK_STR(fill->id, "77");
  CHECK_STR(fill->order_id, "9001");
  CHECK_STR(text_of(&fill->price), "100.2");
  CHECK_INT(fill->role, BOURSE_MAKER);
  CHECK_INT(fill->time_ns, INT64_C(1767225600123000001));
  bourse_stream *balances = watch(&p, BOURSE_OP_WATCH_BALANCES, NULL, 0);
  CHECK_INT(p.connects, 1);
  CHECK(strstr(last_sent(&p), "\"topic\":\"/account/balance\",\"privateChannel\":true") != NULL);
  say(&p, "{\"id\":\"2\",\"type\":\"ack\"}");
  say(&p,
      "{\"topic\":\"/account/balance\",\"type\":\"message\",\"subject\":\"account.balance\",\"data\":{\"currency\":"
      "\"USDT\",\"total\":\"50\",\"available\":\"40\",\"hold\":\"10\",\"availableChange\":\"-10\",\"holdChange\":"
      "\"10\","
      "\"relationEvent\":\"trade_hf.hold\",\"time\":\"1767225600200\"}}");
  CHECK(until(balances, &event, BOURSE_STREAM_DATA));
  const bourse_balance *balance = bourse_stream_event_record(&event, 0);
  CHECK_STR(balance->currency, "USDT");
  CHECK_STR(text_of(&balance->free), "40");
  CHECK_INT(balance->wallet, BOURSE_WALLET_SPOT);
  bourse_stream_close(orders);
  bourse_stream_close(fills);
  bourse_stream_close(balances);
  play_close(&p);
}

TEST(futures_have_tokens_of_their_own) {
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_LINEAR);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_POSITIONS, NULL, 0);
  CHECK_STR(p.token_url, "https://api-futures.kucoin.com/api/v1/bullet-private");
  say(&p, WELCOME);
  CHECK(strstr(last_sent(&p), "\"topic\":\"/contract/positionAll\",\"privateChannel\":true") != NULL);
  say(&p, "{\"id\":\"1\",\"type\":\"ack\"}");
  say(&p,
      "{\"topic\":\"/contract/"
      "positionAll\",\"type\":\"message\",\"subject\":\"position.change\",\"data\":{\"symbol\":"
      "\"XBTUSDTM\",\"currentQty\":-3,\"avgEntryPrice\":100.5,\"markPrice\":100,\"markValue\":-0.3,\"isOpen\":true,"
      "\"marginMode\":\"CROSS\",\"positionSide\":\"BOTH\",\"changeReason\":\"positionChange\",\"currentTimestamp\":"
      "1767225600001}}");
  CHECK(until(stream, &event, BOURSE_STREAM_DATA));
  const bourse_position *position = bourse_stream_event_record(&event, 0);
  CHECK_STR(position->symbol, "BTC/USDT:USDT");
  CHECK_INT(position->side, BOURSE_POSITION_SHORT);
  CHECK_STR(text_of(&position->contracts), "3");
  CHECK_STR(text_of(&position->amount), "0.003");
  bourse_stream_close(stream);
  play_close(&p);
}

/* --- Tokens that die --- */

/* Time goes on until a new connection is made. */
static void reconnect(play *p) {
  int connects = p->connects;
  for (int i = 0; i < 50 && p->connects == connects; i++) {
    p->later_ns += 500000000;
    bourse_run(p->context, 0);
  }
  CHECK_INT(p->connects, connects + 1);
  if (p->connects > connects) bourse_socket_opened(p->token);
}

TEST(every_connection_has_a_token_of_its_own) {
  static const char *const symbol = "BTC/USDT";
  bourse_socket_end end = {.struct_size = sizeof end, .error = BOURSE_ERROR_DISCONNECTED, .text = "reset"};
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_TRADES, &symbol, 1);
  say(&p, WELCOME);
  say(&p, "{\"id\":\"1\",\"type\":\"ack\"}");
  bourse_socket_closed(p.token, &end);
  CHECK_INT(bourse_stream_state(stream, symbol), BOURSE_STREAM_STALE);
  reconnect(&p);
  CHECK_INT(p.token_requests, 2);
  CHECK(strstr(p.url, "?token=token-2&connectId=") != NULL);
  CHECK_INT(p.sent_count, 1); /* nothing before the greeting */
  say(&p, "{\"id\":\"2\",\"type\":\"welcome\"}");
  CHECK(strstr(last_sent(&p), "\"topic\":\"/market/match:BTC-USDT\"") != NULL);
  CHECK_INT(bourse_stream_state(stream, symbol), BOURSE_STREAM_SYNCING);
  say(&p, "{\"id\":\"2\",\"type\":\"ack\"}");
  CHECK_INT(bourse_stream_state(stream, symbol), BOURSE_STREAM_LIVE);
  bourse_stream_close(stream);
  play_close(&p);
}

TEST(a_dead_token_is_replaced) {
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_ORDERS, NULL, 0);
  say(&p, WELCOME);
  say(&p, "{\"id\":\"1\",\"type\":\"error\",\"code\":401,\"data\":\"token is expired\"}");
  CHECK(bourse_stream_state(stream, NULL) != BOURSE_STREAM_CLOSED); /* nobody's key is wrong */
  reconnect(&p);
  CHECK_INT(p.token_requests, 2);
  CHECK(strstr(p.url, "?token=token-2&connectId=") != NULL);
  say(&p, "{\"id\":\"2\",\"type\":\"welcome\"}");
  CHECK(strstr(last_sent(&p), "\"topic\":\"/spotMarket/tradeOrdersV2\",\"privateChannel\":true") != NULL);
  say(&p, "{\"id\":\"2\",\"type\":\"ack\"}");
  say(&p, MATCHED);
  CHECK(until(stream, &event, BOURSE_STREAM_DATA));
  bourse_stream_close(stream);
  play_close(&p);
}

/* A connection lives for a day. Before it is over there is another, with another token, and nothing is missed between them. */
TEST(a_connection_is_renewed_before_its_day_is_over) {
  static const char *const symbol = "BTC/USDT";
  static const char pong[] = "{\"id\":\"9\",\"type\":\"pong\"}";
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_TRADES, &symbol, 1);
  say(&p, WELCOME);
  say(&p, "{\"id\":\"1\",\"type\":\"ack\"}");
  while (p.connects == 1 && p.later_ns < INT64_C(86400000000000)) {
    p.later_ns += INT64_C(10000000000);
    bourse_socket_message(p.token, BOURSE_MESSAGE_TEXT, pong, sizeof pong - 1, play_now(&p), play_now(&p));
    bourse_run(p.context, 0);
  }
  CHECK_INT(p.connects, 2);
  CHECK_INT(p.token_requests, 2);
  CHECK(p.later_ns < INT64_C(86400000000000));
  CHECK_INT(bourse_stream_state(stream, symbol), BOURSE_STREAM_LIVE); /* by the old one */
  p.sent_count = 0;
  bourse_socket_opened(p.token);
  say(&p, "{\"id\":\"2\",\"type\":\"welcome\"}");
  CHECK(strstr(p.sent[0], "\"type\":\"subscribe\",\"topic\":\"/market/match:BTC-USDT\"") != NULL);
  CHECK_INT(bourse_stream_state(stream, symbol), BOURSE_STREAM_LIVE);
  CHECK(!until(stream, &event, BOURSE_STREAM_GAP));
  bourse_stream_close(stream);
  play_close(&p);
}

/* --- The unified account --- */

#define PUSHED(kind_, id_, symbol_)                                                                              \
  "{\"T\":\"orderAll.UNIFIED\",\"P\":1,\"d\":{\"tT\":\"" kind_ "\",\"oi\":\"" id_ "\",\"os\":2,\"s\":\"" symbol_ \
  "\",\"S\":\"BUY\",\"oT\":\"LIMIT\",\"p\":\"60000\",\"q\":\"3\",\"qU\":\"UNIT\",\"fS\":\"0\",\"U\":"            \
  "1760000000000000000}}"

TEST(one_subscription_of_a_unified_account_serves_all_products) {
  static const bourse_param unified = {.name = "account", .value = "unified"};
  static const char *const symbol = "BTC/USDT";
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_WATCH_ORDERS);
  bourse_stream *linear = NULL;
  bourse_stream_event event;
  play p;
  play_open_as(&p, BOURSE_PRODUCT_SPOT, 0, &unified);
  bourse_stream *spot_orders = watch(&p, BOURSE_OP_WATCH_ORDERS, NULL, 0);
  CHECK_STR(p.token_url, "https://api.kucoin.com/api/v2/bullet-private");
  CHECK_STR(p.url, "wss://wsapi-push.kucoin.com/?token=token-1");
  CHECK_INT(p.sent_count, 0); /* it greets first */
  say(&p, "{\"sessionId\":\"1\",\"message\":\"welcome\",\"pingInterval\":18000,\"pingTimeout\":10000}");
  CHECK_STR(last_sent(&p),
            "{\"id\":\"1\",\"action\":\"SUBSCRIBE\",\"channel\":\"orderAll\",\"tradeType\":\"UNIFIED\"}");
  say(&p, "{\"id\":\"1\",\"result\":true}");
  request.product = BOURSE_PRODUCT_LINEAR;
  CHECK_INT(bourse_watch(&linear, p.exchange, &request, NULL), BOURSE_OK);
  CHECK_INT(p.connects, 1);
  CHECK_INT(p.sent_count, 1);
  say(&p, PUSHED("FUTURES", "5", "XBTUSDTM"));
  CHECK(until(linear, &event, BOURSE_STREAM_DATA));
  CHECK_STR(((const bourse_order *)bourse_stream_event_record(&event, 0))->id, "5");
  CHECK(!until(spot_orders, &event, BOURSE_STREAM_DATA));
  say(&p, PUSHED("SPOT", "6", "BTC-USDT"));
  CHECK(until(spot_orders, &event, BOURSE_STREAM_DATA));
  CHECK(!until(linear, &event, BOURSE_STREAM_DATA));
  bourse_stream_close(spot_orders);
  CHECK_INT(p.sent_count, 1); /* the other goes on */
  bourse_stream_close(linear);
  CHECK_STR(last_sent(&p),
            "{\"id\":\"2\",\"action\":\"UNSUBSCRIBE\",\"channel\":\"orderAll\",\"tradeType\":\"UNIFIED\"}");
  bourse_stream *trades = watch(&p, BOURSE_OP_WATCH_TRADES, &symbol, 1); /* which are everybody's */
  CHECK_STR(p.token_url, "https://api.kucoin.com/api/v1/bullet-public");
  bourse_stream_close(trades);
  play_close(&p);
}

TEST(a_unified_account_has_no_isolated_streams) {
  static const bourse_param unified = {.name = "account", .value = "unified"};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_WATCH_ORDERS);
  bourse_stream *stream = NULL;
  bourse_stream_event event;
  play p;
  play_open_as(&p, BOURSE_PRODUCT_SPOT, 0, &unified);
  request.symbol = "BTC/USDT";
  request.margin_mode = BOURSE_MARGIN_ISOLATED;
  CHECK_INT(bourse_watch(&stream, p.exchange, &request, NULL), BOURSE_OK);
  CHECK(until(stream, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(event.error_code, BOURSE_ERROR_UNSUPPORTED);
  CHECK_INT(p.token_requests, 0);
  bourse_stream_close(stream);
  play_close(&p);
}

/* --- Orders as messages --- */

static bourse_decimal decimal(const char *text) {
  bourse_decimal value;
  CHECK_INT(bourse_decimal_parse(&value, text, strlen(text)), BOURSE_OK);
  return value;
}

static void place(play *p, const char *client_id) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  const bourse_order_request *const orders[] = {&order};
  order.symbol = "BTC/USDT";
  order.side = BOURSE_SIDE_BUY;
  order.type = BOURSE_ORDER_LIMIT;
  order.amount = decimal("0.001");
  order.price = decimal("60000");
  order.client_order_id = client_id;
  request.orders = orders;
  request.order_count = 1;
  CHECK_INT(bourse_submit(p->exchange, &request, NULL), BOURSE_OK);
  bourse_run(p->context, 0);
}

static bourse_result *finish(play *p, int32_t expected) {
  bourse_event event = BOURSE_EVENT_INIT;
  bourse_run(p->context, 0);
  CHECK_INT(bourse_next(p->context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), expected);
  return event.result;
}

/* The signatures are those of the worked examples. */
static void log_in(play *p) {
  bourse_socket_opened(p->token);
  CHECK_STR(
      p->url,
      "wss://wsapi.kucoin.com/v1/private?apikey=65f0c0ffee0123456789abcd&sign=NIFa6JgK9M9yaZzys%2BK5wBcRFD4RuwXSORfI"
      "YLkZATw%3D&passphrase=PJYYpwNL%2FuwckCsVzvdns9Yc9gOFNOALzWf4ZWVFlac%3D&timestamp=1767225600000");
  CHECK_INT(p->sent_count, 0);
  say(p, "{\"sessionId\":\"abc123\",\"timestamp\":1767225600000}");
  CHECK_STR(last_sent(p), "YqTb5kjoTdUVu/oa97LmsiekgnpKU/o3AT9xQTxqefQ=");
}

TEST(orders_wait_for_the_challenge) {
  play p;
  play_open_as(&p, BOURSE_PRODUCT_SPOT, BOURSE_TRANSPORT_SOCKET, NULL);
  place(&p, "lx0001");
  CHECK_INT(p.token_requests, 0); /* that socket has none */
  log_in(&p);
  CHECK_INT(p.sent_count, 1); /* no order before it is let in */
  say(&p, "{\"data\":\"welcome\",\"sessionId\":\"abc123\",\"pingInterval\":18000,\"pingTimeout\":10000}");
  CHECK_STR(last_sent(&p),
            "{\"id\":\"1\",\"op\":\"spot.order\",\"args\":{\"clientOid\":\"lx0001\",\"side\":\"buy\",\"symbol\":"
            "\"BTC-USDT\","
            "\"type\":\"limit\",\"size\":\"0.001\",\"price\":\"60000\"}}");
  say(&p,
      "{\"id\":\"1\",\"op\":\"spot.order\",\"code\":\"200000\",\"msg\":\"success\",\"data\":{\"orderId\":\"9001\","
      "\"clientOid\":\"lx0001\"},\"inTime\":1,\"outTime\":2,\"rateLimit\":{\"limit\":4000,\"remaining\":3999,"
      "\"reset\":"
      "30000}}");
  bourse_result *result = finish(&p, BOURSE_OK);
  CHECK_STR(((const bourse_order *)bourse_result_record(result, 0))->id, "9001");
  bourse_result_free(result);
  place(&p, "lx0002");
  CHECK_INT(p.connects, 1);
  say(&p,
      "{\"id\":\"2\",\"op\":\"spot.order\",\"code\":\"200004\",\"msg\":\"Balance "
      "insufficient!\",\"inTime\":1,\"outTime\":2}");
  result = finish(&p, BOURSE_ERROR_INSUFFICIENT_FUNDS);
  CHECK_INT(bourse_result_error(result)->outcome, BOURSE_OUTCOME_REJECTED);
  CHECK_STR(bourse_result_error(result)->exchange_code, "200004");
  bourse_result_free(result);
  play_close(&p);
}

/* What was sent and not answered when the connection broke may have been taken. */
TEST(an_order_without_an_answer_is_unknown) {
  bourse_socket_end end = {.struct_size = sizeof end, .error = BOURSE_ERROR_DISCONNECTED, .text = "reset"};
  play p;
  play_open_as(&p, BOURSE_PRODUCT_SPOT, BOURSE_TRANSPORT_SOCKET, NULL);
  place(&p, "lx0001");
  log_in(&p);
  say(&p, "{\"data\":\"welcome\",\"sessionId\":\"abc123\",\"pingInterval\":18000,\"pingTimeout\":10000}");
  CHECK_INT(p.sent_count, 2);
  bourse_socket_closed(p.token, &end);
  bourse_event event = BOURSE_EVENT_INIT;
  bourse_run(p.context, 0);
  CHECK_INT(bourse_next(p.context, &event), 1);
  CHECK_INT(bourse_result_error(event.result)->outcome, BOURSE_OUTCOME_UNKNOWN);
  CHECK_INT(p.sent_count, 2);
  bourse_result_free(event.result);
  play_close(&p);
}

TEST(a_refused_challenge_is_the_keys_fault) {
  play p;
  play_open_as(&p, BOURSE_PRODUCT_SPOT, BOURSE_TRANSPORT_SOCKET, NULL);
  place(&p, "lx0001");
  log_in(&p);
  say(&p, "{\"code\":\"400011\",\"msg\":\"Session verification failed\"}");
  bourse_result *result = finish(&p, BOURSE_ERROR_AUTH);
  CHECK_INT(bourse_result_error(result)->outcome, BOURSE_OUTCOME_NOT_SENT);
  CHECK_INT(p.sent_count, 1);
  bourse_result_free(result);
  play_close(&p);
}

TEST_MAIN()
