/* test_kucoin_stream.c - a handle of KuCoin whose sockets the test plays: tokens that say where to connect to, the greeting that is
 * waited for, answers by number, and books of futures, whose messages tell one level. */
#include <bourse.h>
#include <bourse/sys/replay.h>
#include <bourse/sys/transport.h>

#include "test.h"

/* 2026-01-01T00:00:00Z */
#define NOW_NS INT64_C(1767225600000000000)

typedef struct play {
  bourse_context *context;
  bourse_exchange *exchange;
  bourse_socket_token *token; /* of the newest socket */
  int connects;
  char url[160];
  char sent[24][700]; /* messages, oldest first */
  int sent_count;
  const char *book; /* what a request of a book is answered; NULL: an error */
  int book_requests, token_requests;
} play;

static int64_t play_now(void *user_data) {
  (void)user_data;
  return NOW_NS;
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

static void play_open(play *p, int32_t product) {
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
  keys.passphrase = "the-phrase";
  exchange_options.credentials = &keys;
  exchange_options.product = product;
  exchange_options.clock_sync = BOURSE_NO;
  CHECK_INT(bourse_context_new(&p->context, &options), BOURSE_OK);
  CHECK_INT(bourse_open(&p->exchange, p->context, "kucoin", &exchange_options), BOURSE_OK);
  CHECK_INT(bourse_markets_load(p->exchange, BOURSE_PRODUCT_SPOT, spot, sizeof spot - 1), BOURSE_OK);
  CHECK_INT(bourse_markets_load(p->exchange, BOURSE_PRODUCT_LINEAR, futures, sizeof futures - 1), BOURSE_OK);
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

TEST_MAIN()
