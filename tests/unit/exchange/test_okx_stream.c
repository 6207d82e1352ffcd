/* test_okx_stream.c - a handle of OKX whose sockets the test plays: what is sent to log in, to subscribe and to trade, answers
 * that tell only in words whom they mean, and books held to their numbers. */
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
  const char *book; /* what a request of a book is answered; NULL: an error */
  int book_requests;
  int64_t later_ns; /* than NOW_NS */
} play;

static int64_t play_now(void *user_data) {
  const play *p = user_data;
  return NOW_NS + p->later_ns;
}

static int32_t play_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  play *p = user_data;
  const char *body = "{\"code\":\"50001\",\"msg\":\"Service temporarily unavailable\",\"data\":[]}";
  if (strstr(request->url, "/market/books") != NULL) {
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

#define LIST(rows_) "{\"code\":\"0\",\"msg\":\"\",\"data\":[" rows_ "]}"

static const char spot[] = LIST(
    "{\"instType\":\"SPOT\",\"instId\":\"BTC-USDT\",\"instIdCode\":20001,\"baseCcy\":\"BTC\",\"quoteCcy\":\"USDT\","
    "\"tickSz\":\"0.1\",\"lotSz\":\"0.00000001\",\"minSz\":\"0.00001\",\"state\":\"live\",\"lever\":\"10\"},"
    "{\"instType\":\"SPOT\",\"instId\":\"ETH-USDT\",\"instIdCode\":20002,\"baseCcy\":\"ETH\",\"quoteCcy\":\"USDT\","
    "\"tickSz\":\"0.01\",\"lotSz\":\"0.000001\",\"minSz\":\"0.001\",\"state\":\"live\",\"lever\":\"10\"}");
static const char swaps[] = LIST(
    "{\"instType\":\"SWAP\",\"instId\":\"BTC-USDT-SWAP\",\"instIdCode\":10459,\"instFamily\":\"BTC-USDT\","
    "\"uly\":\"BTC-USDT\",\"ctType\":\"linear\",\"ctVal\":\"0.01\",\"ctMult\":\"1\",\"settleCcy\":\"USDT\","
    "\"tickSz\":\"0.1\",\"lotSz\":\"0.01\",\"minSz\":\"0.01\",\"state\":\"live\"}");

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
  keys.secret = "0123456789ABCDEF0123456789ABCDEF";
  keys.passphrase = "the-\"phrase\"";
  exchange_options.credentials = &keys;
  exchange_options.product = product;
  exchange_options.order_transport = order_transport;
  exchange_options.clock_sync = BOURSE_NO;
  CHECK_INT(bourse_context_new(&p->context, &options), BOURSE_OK);
  CHECK_INT(bourse_open(&p->exchange, p->context, "okx", &exchange_options), BOURSE_OK);
  CHECK_INT(bourse_markets_load(p->exchange, BOURSE_PRODUCT_SPOT, spot, sizeof spot - 1), BOURSE_OK);
  CHECK_INT(bourse_markets_load(p->exchange, BOURSE_PRODUCT_LINEAR, swaps, sizeof swaps - 1), BOURSE_OK);
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

/* The signature is that of the worked example: made with OpenSSL. */
TEST(the_account_is_logged_into) {
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *orders = watch(&p, BOURSE_OP_WATCH_ORDERS, NULL, 0);
  CHECK_STR(p.url, "wss://ws.okx.com:8443/ws/v5/private");
  CHECK_STR(last_sent(&p),
            "{\"op\":\"login\",\"args\":[{\"apiKey\":\"the-key\",\"passphrase\":\"the-\\\"phrase\\\"\",\"timestamp\":"
            "\"1767225600\",\"sign\":\"3gjqwpRS5Vb4Hrvb2WNdNHyPQ+zcI25h7n9FjjG7olI=\"}]}");
  say(&p, "{\"event\":\"login\",\"code\":\"0\",\"msg\":\"\",\"connId\":\"a4d3ae55\"}");
  CHECK_STR(last_sent(&p),
            "{\"id\":\"1\",\"op\":\"subscribe\",\"args\":[{\"channel\":\"orders\",\"instType\":\"ANY\"}]}");
  say(&p, "{\"event\":\"subscribe\",\"arg\":{\"channel\":\"orders\",\"instType\":\"ANY\"},\"connId\":\"a4d3ae55\"}");
  say(&p, "{\"event\":\"channel-conn-count\",\"channel\":\"orders\",\"connCount\":\"2\",\"connId\":\"a4d3ae55\"}");
  bourse_stream *fills = watch(&p, BOURSE_OP_WATCH_MY_TRADES, NULL, 0);
  CHECK_INT(p.connects, 1);
  CHECK_INT(p.sent_count, 2); /* they come with the orders */
  say(&p,
      "{\"arg\":{\"channel\":\"orders\",\"instType\":\"ANY\",\"uid\":\"1\"},\"data\":[{\"instType\":\"SPOT\","
      "\"instId\":\"BTC-USDT\",\"ordId\":\"31\",\"clOrdId\":\"c1\",\"px\":\"100\",\"sz\":\"2\",\"ordType\":\"limit\","
      "\"side\":\"buy\",\"posSide\":\"net\",\"tdMode\":\"cash\",\"state\":\"partially_filled\",\"accFillSz\":\"0.5\","
      "\"avgPx\":\"99\",\"fillPx\":\"99\",\"fillSz\":\"0.5\",\"tradeId\":\"77\",\"fillTime\":\"1767225600001\","
      "\"fillFee\":\"-0.0005\",\"fillFeeCcy\":\"BTC\",\"execType\":\"T\",\"fee\":\"-0.0005\",\"feeCcy\":\"BTC\","
      "\"cTime\":\"1767225599000\",\"uTime\":\"1767225600001\"},{\"instType\":\"SWAP\",\"instId\":\"BTC-USDT-SWAP\","
      "\"ordId\":\"32\",\"clOrdId\":\"\",\"px\":\"100\",\"sz\":\"2\",\"ordType\":\"limit\",\"side\":\"buy\","
      "\"tdMode\":\"cross\",\"state\":\"live\",\"accFillSz\":\"0\",\"cTime\":\"1\",\"uTime\":\"2\"}]}");
  CHECK(until(orders, &event, BOURSE_STREAM_DATA));
  CHECK_INT(event.count, 1); /* that of the swap is not the spot handle's */
  const bourse_order *order = bourse_stream_event_record(&event, 0);
  CHECK_STR(order->symbol, "BTC/USDT");
  CHECK_STR(text_of(&order->filled), "0.5");
  CHECK_STR(text_of(&order->remaining), "1.5");
  CHECK_STR(text_of(&order->fee), "0.0005");
  CHECK(until(fills, &event, BOURSE_STREAM_DATA));
  const bourse_fill *fill = bourse_stream_event_record(&event, 0);
  CHECK_STR(fill->id, "77");
  CHECK_STR(fill->order_id, "31");
  CHECK_STR(text_of(&fill->cost), "49.5");
  CHECK_INT(fill->role, BOURSE_TAKER);
  bourse_stream_close(orders);
  bourse_stream_close(fills);
  play_close(&p);
}

TEST(a_refused_login_is_the_keys_fault) {
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_BALANCES, NULL, 0);
  say(&p, "{\"event\":\"error\",\"code\":\"60009\",\"msg\":\"Login failed.\",\"connId\":\"a4d3ae55\"}");
  CHECK(until(stream, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(event.error_code, BOURSE_ERROR_AUTH);
  CHECK(strstr(event.error->message, "60009") != NULL);
  bourse_stream_close(stream);
  play_close(&p);
}

/* --- Subscribing --- */

TEST(a_refusal_says_in_words_whom_it_means) {
  static const char *const symbols[] = {"BTC/USDT", "ETH/USDT"};
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_TRADES, symbols, 2);
  CHECK_STR(p.url, "wss://ws.okx.com:8443/ws/v5/public");
  CHECK_STR(last_sent(&p),
            "{\"id\":\"1\",\"op\":\"subscribe\",\"args\":[{\"channel\":\"trades\",\"instId\":\"BTC-USDT\"},"
            "{\"channel\":\"trades\",\"instId\":\"ETH-USDT\"}]}");
  say(&p, "{\"event\":\"subscribe\",\"arg\":{\"channel\":\"trades\",\"instId\":\"BTC-USDT\"},\"connId\":\"a4d3ae55\"}");
  CHECK_INT(bourse_stream_state(stream, "BTC/USDT"), BOURSE_STREAM_LIVE);
  CHECK_INT(bourse_stream_state(stream, "ETH/USDT"), BOURSE_STREAM_SYNCING);
  say(&p,
      "{\"event\":\"error\",\"code\":\"60018\",\"msg\":\"Wrong URL or channel:trades,instId:ETH-USDT doesn't exist. "
      "Please use the correct URL, channel and parameters referring to API document.\",\"connId\":\"a4d3ae55\"}");
  CHECK_INT(bourse_stream_state(stream, "BTC/USDT"), BOURSE_STREAM_LIVE);
  CHECK_INT(bourse_stream_state(stream, "ETH/USDT"), BOURSE_STREAM_CLOSED);
  CHECK(until(stream, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(event.error_code, BOURSE_ERROR_BAD_SYMBOL);
  say(&p, "pong");
  say(&p,
      "{\"arg\":{\"channel\":\"trades\",\"instId\":\"BTC-USDT\"},\"data\":[{\"instId\":\"BTC-USDT\",\"tradeId\":\"9\","
      "\"px\":\"100.1\",\"sz\":\"0.10\",\"side\":\"sell\",\"ts\":\"1767225600005\",\"count\":\"3\",\"seqId\":5}]}");
  CHECK(until(stream, &event, BOURSE_STREAM_DATA));
  const bourse_trade *trade = bourse_stream_event_record(&event, 0);
  CHECK_STR(trade->symbol, "BTC/USDT");
  CHECK_STR(text_of(&trade->amount), "0.10");
  CHECK_INT(trade->side, BOURSE_SIDE_SELL);
  bourse_stream_close(stream);
  play_close(&p);
}

/* The text of the request stands in the refusal, as a JSON text. */
TEST(a_refusal_may_quote_the_request) {
  static const char *const symbol = "BTC/USDT";
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_TICKER, &symbol, 1);
  say(&p,
      "{\"event\":\"error\",\"code\":\"60012\",\"msg\":\"Invalid request: {\\\"op\\\": \\\"subscribe\\\", "
      "\\\"args\\\":[{ \\\"channel\\\" : \\\"tickers\\\", \\\"instId\\\" : \\\"BTC-USDT\\\"}]}\",\"connId\":\"a\"}");
  CHECK_INT(bourse_stream_state(stream, "BTC/USDT"), BOURSE_STREAM_CLOSED);
  CHECK(until(stream, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(event.error_code, BOURSE_ERROR_BAD_REQUEST);
  bourse_stream_close(stream);
  play_close(&p);
}

TEST(candles_are_on_a_socket_of_their_own) {
  static const char *const symbol = "BTC/USDT:USDT";
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_WATCH_CANDLES);
  bourse_stream *stream = NULL;
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_LINEAR, 0);
  request.symbol = symbol;
  request.timeframe = "1d";
  CHECK_INT(bourse_watch(&stream, p.exchange, &request, NULL), BOURSE_OK);
  bourse_socket_opened(p.token);
  CHECK_STR(p.url, "wss://ws.okx.com:8443/ws/v5/business");
  CHECK_STR(
      last_sent(&p),
      "{\"id\":\"1\",\"op\":\"subscribe\",\"args\":[{\"channel\":\"candle1Dutc\",\"instId\":\"BTC-USDT-SWAP\"}]}");
  say(&p,
      "{\"arg\":{\"channel\":\"candle1Dutc\",\"instId\":\"BTC-USDT-SWAP\"},\"data\":[[\"1767225600000\",\"1\",\"4\","
      "\"0.5\",\"2\",\"300\",\"3\",\"6.5\",\"1\"]]}");
  CHECK(until(stream, &event, BOURSE_STREAM_DATA));
  const bourse_candle *candle = bourse_stream_event_record(&event, 0);
  CHECK_STR(text_of(&candle->volume), "3"); /* in the base, not in contracts */
  CHECK_INT(candle->closed, BOURSE_YES);
  bourse_stream_close(stream);
  play_close(&p);
}

/* --- Books --- */

#define BOOK(id_, action_, asks_, bids_, numbers_)                                                                 \
  "{\"arg\":{\"channel\":\"books\",\"instId\":\"" id_ "\"},\"action\":\"" action_ "\",\"data\":[{\"asks\":[" asks_ \
  "],\"bids\":[" bids_ "],\"ts\":\"1767225600123\",\"checksum\":0," numbers_ "}]}"
#define UNSUBSCRIBED \
  "{\"event\":\"unsubscribe\",\"arg\":{\"channel\":\"books\",\"instId\":\"BTC-USDT\"},\"connId\":\"a\"}"
#define SUBSCRIBED "{\"event\":\"subscribe\",\"arg\":{\"channel\":\"books\",\"instId\":\"BTC-USDT\"},\"connId\":\"a\"}"

static const char *best(bourse_stream *stream) {
  static char text[100];
  bourse_level bid, ask;
  if (bourse_book_best(&bid, &ask, stream, NULL) != BOURSE_OK) return "none";
  snprintf(text, sizeof text, "%s %s / %s %s", text_of(&bid.price), text_of(&bid.amount), text_of(&ask.price),
           text_of(&ask.amount));
  return text;
}

static bourse_stream *watch_book(play *p, const char *symbol) {
  bourse_stream *stream = watch(p, BOURSE_OP_WATCH_ORDER_BOOK, &symbol, 1);
  bourse_run(p->context, 0);
  return stream;
}

TEST(books_are_held_to_their_numbers) {
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = watch_book(&p, "BTC/USDT");
  CHECK_STR(last_sent(&p),
            "{\"id\":\"1\",\"op\":\"subscribe\",\"args\":[{\"channel\":\"books\",\"instId\":\"BTC-USDT\"}]}");
  say(&p, SUBSCRIBED);
  CHECK_STR(best(stream), "none");
  say(&p, BOOK("BTC-USDT", "snapshot", "[\"101.1\",\"2\",\"0\",\"1\"]", "[\"101\",\"0.50\",\"0\",\"4\"]",
               "\"prevSeqId\":-1,\"seqId\":1000"));
  CHECK_STR(best(stream), "101 0.50 / 101.1 2");
  /* in both orders of its numbers, and as something that is not in the usual form */
  say(&p, BOOK("BTC-USDT", "update", "[\"101.1\",\"3\",\"0\",\"1\"]", "", "\"prevSeqId\":1000,\"seqId\":1004"));
  CHECK_STR(best(stream), "101 0.50 / 101.1 3");
  say(&p, BOOK("BTC-USDT", "update", "", "[\"101\",\"0\",\"0\",\"0\"],[\"100.9\",\"7\",\"0\",\"1\"]",
               "\"seqId\":1005,\"prevSeqId\":1004"));
  CHECK_STR(best(stream), "100.9 7 / 101.1 3");
  say(&p,
      "{ \"action\": \"update\", \"data\": "
      "[{\"seqId\":1009,\"prevSeqId\":1005,\"bids\":[],\"asks\":[[\"101.0\",\"1\"]],"
      "\"ts\":\"1767225600124\"}], \"arg\": {\"instId\":\"BTC-USDT\",\"channel\":\"books\"}}");
  CHECK_STR(best(stream), "100.9 7 / 101.0 1");
  /* nothing for a while: the number is told again */
  say(&p, BOOK("BTC-USDT", "update", "", "", "\"prevSeqId\":1009,\"seqId\":1009"));
  CHECK_STR(best(stream), "100.9 7 / 101.0 1");
  /* the numbers begin anew, lower */
  say(&p, BOOK("BTC-USDT", "update", "", "[\"100.9\",\"8\",\"0\",\"1\"]", "\"prevSeqId\":1009,\"seqId\":3"));
  say(&p, BOOK("BTC-USDT", "update", "", "[\"100.9\",\"9\",\"0\",\"1\"]", "\"prevSeqId\":3,\"seqId\":5"));
  CHECK_STR(best(stream), "100.9 9 / 101.0 1");
  CHECK(!until(stream, &event, BOURSE_STREAM_GAP));
  int messages = p.sent_count;
  say(&p, BOOK("BTC-USDT", "update", "", "[\"100.9\",\"10\",\"0\",\"1\"]", "\"prevSeqId\":6,\"seqId\":7"));
  CHECK_STR(best(stream), "none");
  CHECK(until(stream, &event, BOURSE_STREAM_GAP));
  CHECK_INT(event.gap_kind, BOURSE_GAP_SEQUENCE);
  CHECK_INT(event.gap_expected, 5);
  CHECK_INT(event.gap_found, 6);
  CHECK(p.sent_count > messages || p.book_requests > 0);
  bourse_stream_close(stream);
  play_close(&p);
}

/* As OKX announced: the subscription brings changes only, and the whole state is fetched. */
TEST(a_book_begins_with_what_was_fetched) {
  bourse_stream_event event;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  p.book = LIST(
      "{\"asks\":[[\"101.1\",\"2\",\"0\",\"1\"]],\"bids\":[[\"101\",\"0.50\",\"0\",\"4\"]],"
      "\"ts\":\"1767225600000\",\"seqId\":1000}");
  bourse_stream *stream = watch_book(&p, "BTC/USDT");
  say(&p, SUBSCRIBED);
  say(&p, BOOK("BTC-USDT", "update", "[\"101.1\",\"9\",\"0\",\"1\"]", "", "\"prevSeqId\":990,\"seqId\":998"));
  say(&p, BOOK("BTC-USDT", "update", "[\"101.1\",\"3\",\"0\",\"1\"]", "", "\"prevSeqId\":998,\"seqId\":1000"));
  bourse_run(p.context, 0);
  CHECK(p.book_requests > 0);
  say(&p, BOOK("BTC-USDT", "update", "[\"101.1\",\"4\",\"0\",\"1\"]", "", "\"prevSeqId\":1000,\"seqId\":1003"));
  bourse_run(p.context, 0);
  CHECK_STR(best(stream), "101 0.50 / 101.1 4");
  say(&p, BOOK("BTC-USDT", "update", "[\"101.1\",\"5\",\"0\",\"1\"]", "", "\"prevSeqId\":1003,\"seqId\":1004"));
  CHECK_STR(best(stream), "101 0.50 / 101.1 5");
  CHECK(!until(stream, &event, BOURSE_STREAM_GAP));
  bourse_stream_close(stream);
  play_close(&p);
}

TEST(sizes_of_contracts_become_amounts) {
  play p;
  play_open(&p, BOURSE_PRODUCT_LINEAR, 0);
  bourse_stream *stream = watch_book(&p, "BTC/USDT:USDT");
  say(&p, BOOK("BTC-USDT-SWAP", "snapshot", "[\"101.1\",\"250.5\",\"0\",\"1\"]", "[\"101\",\"7\",\"0\",\"4\"]",
               "\"prevSeqId\":-1,\"seqId\":1"));
  CHECK_STR(best(stream), "101 0.07 / 101.1 2.505");
  say(&p, BOOK("BTC-USDT-SWAP", "update", "", "[\"101\",\"0.01\",\"0\",\"4\"]", "\"prevSeqId\":1,\"seqId\":2"));
  CHECK_STR(best(stream), "101 0.0001 / 101.1 2.505");
  bourse_stream_close(stream);
  play_close(&p);
}

#define TICKER_ROW(last_, ask_)                                                                               \
  "[{\"instType\":\"SPOT\",\"instId\":\"BTC-USDT\",\"last\":\"" last_ "\",\"lastSz\":\"0\",\"askPx\":\"" ask_ \
  "\",\"askSz\":\"1\",\"bidPx\":\"\",\"bidSz\":\"\",\"ts\":\"1767225600000\"}]"
#define TICKER_ARG "\"arg\":{\"channel\":\"tickers\",\"instId\":\"BTC-USDT\"}"

/* A market without trades or offers has a price of zero or none; the channel may be named behind its data. */
TEST(a_price_of_zero_is_none) {
  static const char *const messages[] = {"{" TICKER_ARG ",\"data\":" TICKER_ROW("0", "101.5") "}",
                                         "{\"data\":" TICKER_ROW("0.0", "101.5") "," TICKER_ARG "}"};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_WATCH_TICKER);
  bourse_stream_event event;
  bourse_stream *stream;
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  request.symbol = "BTC/USDT";
  CHECK_INT(bourse_watch(&stream, p.exchange, &request, NULL), BOURSE_OK);
  bourse_socket_opened(p.token);
  say(&p, "{\"event\":\"subscribe\"," TICKER_ARG ",\"connId\":\"a\"}");
  for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
    say(&p, messages[i]);
    CHECK(until(stream, &event, BOURSE_STREAM_DATA));
    if (event.kind != BOURSE_STREAM_DATA) continue;
    const bourse_ticker *ticker = bourse_stream_event_record(&event, 0);
    CHECK(!bourse_decimal_is_present(&ticker->last) && !bourse_decimal_is_present(&ticker->bid));
    CHECK(bourse_decimal_is_present(&ticker->ask));
    CHECK_STR(ticker->symbol, "BTC/USDT");
  }
  bourse_stream_close(stream);
  play_close(&p);
}

TEST(an_announced_upgrade_makes_a_new_connection) {
  static const char *const symbol = "BTC/USDT";
  play p;
  play_open(&p, BOURSE_PRODUCT_SPOT, 0);
  bourse_stream *stream = watch(&p, BOURSE_OP_WATCH_TRADES, &symbol, 1);
  say(&p, "{\"event\":\"subscribe\",\"arg\":{\"channel\":\"trades\",\"instId\":\"BTC-USDT\"},\"connId\":\"a4d3ae55\"}");
  say(&p,
      "{\"event\":\"notice\",\"code\":\"64008\",\"msg\":\"The connection will soon be closed for a service upgrade. "
      "Please reconnect.\",\"connId\":\"a4d3ae55\"}");
  bourse_run(p.context, 0);
  CHECK_INT(p.connects, 1); /* half a second after the one before */
  p.later_ns = 500000000;
  bourse_run(p.context, 0);
  CHECK(bourse_stream_state(stream, "BTC/USDT") != BOURSE_STREAM_CLOSED);
  CHECK_INT(p.connects, 2);
  bourse_stream_close(stream);
  play_close(&p);
}

/* --- Orders as messages --- */

static bourse_decimal decimal(const char *text) {
  bourse_decimal value;
  CHECK_INT(bourse_decimal_parse(&value, text, strlen(text)), BOURSE_OK);
  return value;
}

static void place(play *p, bourse_order_request *order) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  const bourse_order_request *const orders[] = {order};
  int before = p->connects;
  request.orders = orders;
  request.order_count = 1;
  CHECK_INT(bourse_submit(p->exchange, &request, NULL), BOURSE_OK);
  bourse_run(p->context, 0);
  if (p->connects == before) return;
  bourse_socket_opened(p->token);
  say(p, "{\"event\":\"login\",\"code\":\"0\",\"msg\":\"\",\"connId\":\"a4d3ae55\"}");
}

static bourse_result *finish(play *p, int32_t expected) {
  bourse_event event = BOURSE_EVENT_INIT;
  bourse_run(p->context, 0);
  CHECK_INT(bourse_next(p->context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), expected);
  return event.result;
}

TEST(orders_go_by_the_numbers_of_their_markets) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  play p;
  play_open(&p, BOURSE_PRODUCT_LINEAR, BOURSE_TRANSPORT_SOCKET);
  order.symbol = "BTC/USDT:USDT";
  order.side = BOURSE_SIDE_SELL;
  order.type = BOURSE_ORDER_LIMIT;
  order.amount = decimal("0.0203");
  order.price = decimal("100000.1");
  order.client_order_id = "c1";
  place(&p, &order);
  CHECK_STR(p.url, "wss://ws.okx.com:8443/ws/v5/private");
  CHECK(strstr(last_sent(&p), "\"id\":\"1\",\"op\":\"order\"") != NULL);
  CHECK(strstr(last_sent(&p), "\"instIdCode\":10459") != NULL);
  CHECK(strstr(last_sent(&p), "instId\"") == NULL);
  CHECK(strstr(last_sent(&p), "\"sz\":\"2.03\"") != NULL); /* contracts */
  say(&p,
      "{\"id\":\"1\",\"op\":\"order\",\"code\":\"0\",\"msg\":\"\",\"data\":[{\"ordId\":\"9001\",\"clOrdId\":\"c1\","
      "\"tag\":\"\",\"ts\":\"1767225600001\",\"sCode\":\"0\",\"sMsg\":\"\"}],\"inTime\":\"1\",\"outTime\":\"2\"}");
  bourse_result *result = finish(&p, BOURSE_OK);
  const bourse_order *placed = bourse_result_record(result, 0);
  CHECK_STR(placed->id, "9001");
  CHECK_STR(text_of(&placed->amount), "0.0203");
  bourse_result_free(result);
  /* refused: the code is the row's */
  place(&p, &order);
  say(&p,
      "{\"id\":\"2\",\"op\":\"order\",\"code\":\"1\",\"msg\":\"\",\"data\":[{\"ordId\":\"\",\"clOrdId\":\"c1\","
      "\"sCode\":\"51008\",\"sMsg\":\"Order failed. Insufficient balance\"}],\"inTime\":\"1\",\"outTime\":\"2\"}");
  result = finish(&p, BOURSE_ERROR_INSUFFICIENT_FUNDS);
  CHECK_STR(bourse_result_error(result)->exchange_code, "51008");
  CHECK_INT(bourse_result_error(result)->outcome, BOURSE_OUTCOME_REJECTED);
  bourse_result_free(result);
  /* a size that is not a whole number of lots never leaves */
  int messages = p.sent_count;
  order.amount = decimal("0.00005");
  place(&p, &order);
  bourse_result_free(finish(&p, BOURSE_ERROR_PRECISION));
  CHECK_INT(p.sent_count, messages);
  play_close(&p);
}

TEST_MAIN()
