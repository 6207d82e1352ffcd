/* stream_fake.h - an exchange with streams, a transport whose sockets the test plays, and a clock that stands still. */
#ifndef TESTS_STREAM_FAKE_H
#define TESTS_STREAM_FAKE_H

#include <bourse/sys/adapter.h>
#include <bourse.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define SECOND INT64_C(1000000000)

/* --- Exchange: messages are {"id":1,...} to subscribe, {"t":"ticker","s":"AB",...} for data --- */

enum { SOCKET_PUBLIC, SOCKET_PRIVATE, SOCKET_ORDERS };
enum { ROW_TICKER, ROW_TRADES, ROW_CANDLES, ROW_BOOK, ROW_CHANNEL_BOOK, ROW_ORDERS, ROW_FILLS };

static const bourse_host play_hosts[] = {{"main", "https://live.example", NULL, NULL},
                                         {"ws", "wss://ws.example", NULL, NULL}};

static const bourse_socket play_sockets[] = {
    [SOCKET_PUBLIC] = {.name = "public",
                       .host = 1,
                       .path = "/public",
                       .products = BOURSE_FOR_SPOT,
                       .topics_max = 3,
                       .batch_max = 2,
                       .flags = BOURSE_SOCKET_MIXED,
                       .sends_max = 4,
                       .sends_interval_ns = SECOND,
                       .ping_ns = 20 * SECOND,
                       .silence_ns = 60 * SECOND,
                       .lifetime_ns = 86400 * SECOND},
    [SOCKET_PRIVATE] = {.name = "private",
                        .host = 1,
                        .path = "/private",
                        .products = BOURSE_FOR_SPOT,
                        .batch_max = 10,
                        .flags = BOURSE_SOCKET_MIXED | BOURSE_SOCKET_PRIVATE | BOURSE_SOCKET_TOKEN,
                        .token_extend_ns = 1800 * SECOND},
    [SOCKET_ORDERS] = {.name = "orders",
                       .host = 1,
                       .path = "/orders",
                       .products = BOURSE_FOR_SPOT,
                       .flags = BOURSE_SOCKET_PRIVATE | BOURSE_SOCKET_ORDERS},
};

#define ROW(operation_, socket_, name_) \
  .operation = BOURSE_OP_WATCH_##operation_, .products = BOURSE_FOR_SPOT, .socket = socket_, .name = name_
static const bourse_channel play_channels[] = {
    [ROW_TICKER] = {ROW(TICKER, SOCKET_PUBLIC, "ticker"), .silence_ns = 30 * SECOND},
    [ROW_TRADES] = {ROW(TRADES, SOCKET_PUBLIC, "trades")},
    [ROW_CANDLES] = {ROW(CANDLES, SOCKET_PUBLIC, "candles"), .flags = BOURSE_CHANNEL_SILENT},
    [ROW_BOOK] = {ROW(ORDER_BOOK, SOCKET_PUBLIC, "book"), .proof = BOURSE_PROOF_RANGE, .source = BOURSE_BOOK_FROM_REST},
    [ROW_CHANNEL_BOOK] = {ROW(ORDER_BOOK, SOCKET_PUBLIC, "cbook"), .proof = BOURSE_PROOF_NEXT, .variant = 1},
    [ROW_ORDERS] = {ROW(ORDERS, SOCKET_PRIVATE, "orders"), .group = 1,
                    .flags = BOURSE_CHANNEL_ACCOUNT | BOURSE_CHANNEL_SPARSE},
    [ROW_FILLS] = {ROW(MY_TRADES, SOCKET_PRIVATE, "fills"), .group = 1, .flags = BOURSE_CHANNEL_ACCOUNT},
};

static const bourse_channel *play_choose(bourse_watch_call *call) {
  uint32_t variant = call->operation == BOURSE_OP_WATCH_ORDER_BOOK && call->request->limit == 7;
  return bourse_find_channel(call->adapter, call->operation, bourse_watch_for(call), variant);
}

static int32_t play_topic(bourse_watch_call *call, bourse_topic *topic) {
  if (call->operation == BOURSE_OP_WATCH_CANDLES) topic->qualifier = call->request->timeframe;
  if (call->operation == BOURSE_OP_WATCH_ORDER_BOOK) topic->depth = topic->keep_depth = call->request->limit;
  return BOURSE_OK;
}

static int32_t play_login(bourse_link *link, bourse_text *text) {
  if ((link->socket->flags & BOURSE_SOCKET_TOKEN) != 0) {
    bourse_text_string(text, "{\"login\":");
    bourse_text_json(text, link->token, strlen(link->token));
    bourse_text_char(text, '}');
  }
  return BOURSE_OK;
}

static int32_t play_subscribe(bourse_link *link, int32_t on, const bourse_topic *const *topics, uint32_t count,
                              int64_t id, bourse_text *text) {
  (void)link;
  bourse_text_string(text, on ? "{\"sub\":[" : "{\"unsub\":[");
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) bourse_text_char(text, ',');
    bourse_text_char(text, '"');
    bourse_text_string(text, topics[i]->channel->name);
    bourse_text_string(text, ":");
    bourse_text_string(text, topics[i]->id);
    bourse_text_string(text, topics[i]->qualifier);
    bourse_text_char(text, '"');
  }
  bourse_text_string(text, "],\"id\":");
  bourse_text_int(text, id);
  bourse_text_char(text, '}');
  return BOURSE_OK;
}

typedef struct play_message {
  bourse_slice type, symbol, qualifier, body, error;
  int64_t id, first, last, status;
  int32_t late;
  bourse_ticker ticker;
  bourse_trade trade;
  bourse_candle candle;
  bourse_order order;
  bourse_fill fill;
  bourse_level *bids, *asks;
  uint32_t bid_count, ask_count;
} play_message;

static const bourse_name play_statuses[] = {{"open", BOURSE_ORDER_OPEN}, {"filled", BOURSE_ORDER_FILLED}, {NULL, 0}};

static int32_t play_levels(bourse_decoder *decoder, void *member) {
  play_message *message = decoder->user_data;
  return bourse_decode_levels(decoder, member, member == &message->bids ? &message->bid_count : &message->ask_count);
}

static const bourse_name play_sides[] = {{"buy", BOURSE_SIDE_BUY}, {"sell", BOURSE_SIDE_SELL}, {NULL, 0}};

static int32_t play_read(bourse_link *link, const char *bytes, size_t length) {
  static const bourse_field fields[] = {BOURSE_FIELD("t", SLICE, play_message, type),
                                        BOURSE_FIELD("s", SLICE, play_message, symbol),
                                        BOURSE_FIELD("q", SLICE, play_message, qualifier),
                                        BOURSE_FIELD("id", INT64, play_message, id),
                                        BOURSE_FIELD("error", SLICE, play_message, error),
                                        BOURSE_FIELD("status", INT64, play_message, status),
                                        BOURSE_FIELD("body", RAW, play_message, body),
                                        BOURSE_FIELD("late", BOOL, play_message, late),
                                        BOURSE_FIELD("first", INT64, play_message, first),
                                        BOURSE_FIELD("last", INT64, play_message, last),
                                        BOURSE_FIELD("price", DECIMAL, play_message, ticker.last),
                                        BOURSE_FIELD("trade", STRING, play_message, trade.id),
                                        BOURSE_FIELD("time", TIME_MS, play_message, candle.time_ns),
                                        BOURSE_FIELD("order", STRING, play_message, order.id),
                                        BOURSE_FIELD_ENUM("state", play_message, order.status, play_statuses),
                                        BOURSE_FIELD("amount", DECIMAL, play_message, order.amount),
                                        BOURSE_FIELD("filled", DECIMAL, play_message, order.filled),
                                        BOURSE_FIELD("fill", STRING, play_message, fill.id),
                                        BOURSE_FIELD_ENUM("side", play_message, fill.side, play_sides),
                                        BOURSE_FIELD_CUSTOM("bids", play_message, bids, play_levels),
                                        BOURSE_FIELD_CUSTOM("asks", play_message, asks, play_levels)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_decoder decoder;
  bourse_topic *topic;
  bourse_slice none = {"", 0};
  play_message m;
  memset(&m, 0, sizeof m);
  bourse_link_decode(link, &decoder, bytes, length);
  decoder.user_data = &m;
  bourse_decode_object(&decoder, &table, &m);
  if (bourse_link_decoded(link, &decoder) != BOURSE_OK) return BOURSE_ERROR_BAD_REPLY;
#define IS(text_) bourse_slice_is(m.type, text_)
  if (IS("ack")) {
    bourse_ack ack = {
        .id = m.id, .code = m.error.length > 0 ? BOURSE_ERROR_PERMISSION : BOURSE_OK, .exchange_code = m.error};
    bourse_emit_ack(link, &ack);
  } else if (IS("login")) {
    bourse_emit_login(link,
                      m.late > 0           ? BOURSE_ERROR_TIMESTAMP
                      : m.error.length > 0 ? BOURSE_ERROR_AUTH
                                           : BOURSE_OK,
                      m.error, none);
  } else if (IS("reply")) {
    bourse_emit_reply(link, m.id, (int32_t)m.status, m.body);
  } else if (IS("shutdown")) {
    bourse_emit_shutdown(link);
  } else if (IS("dead")) {
    bourse_emit_token_dead(link);
  } else if (IS("ticker")) {
    if ((topic = bourse_link_topic(link, &play_channels[ROW_TICKER], m.symbol, none)) == NULL) return BOURSE_OK;
    m.ticker.symbol = topic->market->symbol;
    bourse_emit(link, topic, BOURSE_KIND_TICKER, &m.ticker, 1, 0, 0);
  } else if (IS("trade")) {
    if ((topic = bourse_link_topic(link, &play_channels[ROW_TRADES], m.symbol, none)) == NULL) return BOURSE_OK;
    m.trade.symbol = topic->market->symbol;
    bourse_emit(link, topic, BOURSE_KIND_TRADE, &m.trade, 1, 0, 0);
  } else if (IS("candle")) {
    if ((topic = bourse_link_topic(link, &play_channels[ROW_CANDLES], m.symbol, m.qualifier)) == NULL) return BOURSE_OK;
    m.candle.close = m.ticker.last;
    bourse_emit(link, topic, BOURSE_KIND_CANDLE, &m.candle, 1, 0, 0);
  } else if (IS("book") || IS("cbook") || IS("csnap")) {
    const bourse_channel *row = &play_channels[IS("book") ? ROW_BOOK : ROW_CHANNEL_BOOK];
    if ((topic = bourse_link_topic(link, row, m.symbol, none)) == NULL) return BOURSE_OK;
    bourse_book_update update = {.snapshot = IS("csnap"),
                                 .bids = m.bids,
                                 .asks = m.asks,
                                 .bid_count = m.bid_count,
                                 .ask_count = m.ask_count,
                                 .first = m.first,
                                 .last = m.last,
                                 .previous = BOURSE_NO_SEQUENCE};
    bourse_emit_book(link, topic, &update);
  } else if (IS("order")) {
    if ((topic = bourse_link_topic(link, &play_channels[ROW_ORDERS], none, none)) == NULL) return BOURSE_OK;
    m.order.symbol = "A/B";
    bourse_emit(link, topic, BOURSE_KIND_ORDER, &m.order, 1, 0, 0);
  } else if (IS("fill")) {
    if ((topic = bourse_link_topic(link, &play_channels[ROW_FILLS], none, none)) == NULL) return BOURSE_OK;
    m.fill.symbol = m.fill.market_id = "A/B";
    bourse_emit(link, topic, BOURSE_KIND_FILL, &m.fill, 1, 0, 0);
  } else {
    return bourse_link_unknown(link, "no such message");
  }
#undef IS
  return BOURSE_OK;
}

/* What an adapter read into the arena must stand until it is done with the message, whatever that led to. */
static int32_t play_receive(bourse_link *link, const char *bytes, size_t length) {
  char expected[64];
  char *mark = bourse_arena_alloc(link->arena, sizeof expected);
  memset(expected, 0x5a, sizeof expected);
  memcpy(mark, expected, sizeof expected);
  int32_t code = play_read(link, bytes, length);
  CHECK(memcmp(mark, expected, sizeof expected) == 0);
  return code;
}

static const bourse_stream_adapter play_stream = {.struct_size = sizeof(bourse_stream_adapter),
                                                  .api_version = BOURSE_API_VERSION,
                                                  .sockets = play_sockets,
                                                  .socket_count = sizeof play_sockets / sizeof play_sockets[0],
                                                  .channels = play_channels,
                                                  .channel_count = sizeof play_channels / sizeof play_channels[0],
                                                  .choose = play_choose,
                                                  .topic = play_topic,
                                                  .login = play_login,
                                                  .subscribe = play_subscribe,
                                                  .receive = play_receive};

/* --- Requests --- */

static int play_lists_by_market; /* open orders are listed by market only */

static int32_t play_build(bourse_call *call) {
  if (play_lists_by_market && call->operation == BOURSE_OP_FETCH_OPEN_ORDERS && bourse_need_market(call) == NULL)
    return BOURSE_ERROR_ARGUMENT;
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  if (call->request->order_id != NULL) bourse_put(call, "id", call->request->order_id);
  if (call->order != NULL) bourse_put(call, "client", call->order->client_order_id);
  bourse_put_ms(call, "since", call->since_ns);
  return BOURSE_OK;
}

static int32_t play_parse_markets(bourse_call *call, const bourse_http_reply *reply) {
  static const char *const ids[] = {"AB", "CD", "EF", "GH", "IJ"}, *const symbols[] = {"A/B", "C/D", "E/F", "G/H",
                                                                                       "I/J"};
  (void)reply;
  for (size_t i = 0; i < 5; i++) {
    bourse_market *market = bourse_append(call, BOURSE_KIND_MARKET);
    if (market == NULL) return BOURSE_ERROR_MEMORY;
    market->id = ids[i];
    market->symbol = symbols[i];
    market->base = "A";
    market->quote = "B";
    market->product = BOURSE_PRODUCT_SPOT;
    market->active = BOURSE_YES;
  }
  return BOURSE_OK;
}

static int32_t play_parse_book(bourse_call *call, const bourse_http_reply *reply) {
  static const bourse_field fields[] = {BOURSE_FIELD("last", INT64, play_message, last),
                                        BOURSE_FIELD_CUSTOM("bids", play_message, bids, play_levels),
                                        BOURSE_FIELD_CUSTOM("asks", play_message, asks, play_levels)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_decoder decoder;
  play_message m;
  memset(&m, 0, sizeof m);
  bourse_order_book *book = bourse_append(call, BOURSE_KIND_ORDER_BOOK);
  if (book == NULL) return BOURSE_ERROR_MEMORY;
  bourse_decode_reply(call, &decoder, reply);
  decoder.user_data = &m;
  bourse_decode_object(&decoder, &table, &m);
  *book = (bourse_order_book){.symbol = call->market->symbol,
                              .sequence = m.last,
                              .bids = m.bids,
                              .asks = m.asks,
                              .bid_count = m.bid_count,
                              .ask_count = m.ask_count};
  return bourse_decode_end(call, &decoder);
}

static int32_t play_parse_orders(bourse_call *call, const bourse_http_reply *reply) {
  static const bourse_field fields[] = {BOURSE_FIELD_MUST("id", STRING, bourse_order, id),
                                        BOURSE_FIELD_ENUM("state", bourse_order, status, play_statuses),
                                        BOURSE_FIELD("filled", DECIMAL, bourse_order, filled),
                                        BOURSE_FIELD("amount", DECIMAL, bourse_order, amount)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_decoder decoder;
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_array_begin(&decoder, "orders");
  while (bourse_decode_array_next(&decoder)) {
    bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
    if (order == NULL) return BOURSE_ERROR_MEMORY;
    order->symbol = "A/B";
    bourse_decode_object(&decoder, &table, order);
  }
  return bourse_decode_end(call, &decoder);
}

static int32_t play_parse_fills(bourse_call *call, const bourse_http_reply *reply) {
  static const bourse_field fields[] = {BOURSE_FIELD_MUST("id", STRING, bourse_fill, id)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_decoder decoder;
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_array_begin(&decoder, "fills");
  while (bourse_decode_array_next(&decoder)) {
    bourse_fill *fill = bourse_append(call, BOURSE_KIND_FILL);
    if (fill == NULL) return BOURSE_ERROR_MEMORY;
    fill->symbol = fill->market_id = "A/B";
    bourse_decode_object(&decoder, &table, fill);
  }
  return bourse_decode_end(call, &decoder);
}

static int32_t play_parse_time(bourse_call *call, const bourse_http_reply *reply) {
  static const bourse_field fields[] = {BOURSE_FIELD_MUST("time", TIME_MS, bourse_server_time, time_ns)};
  static const bourse_table table = BOURSE_TABLE(fields);
  bourse_decoder decoder;
  bourse_server_time *time = bourse_append(call, BOURSE_KIND_SERVER_TIME);
  if (time == NULL) return BOURSE_ERROR_MEMORY;
  bourse_decode_reply(call, &decoder, reply);
  bourse_decode_object(&decoder, &table, time);
  return bourse_decode_end(call, &decoder);
}

static int32_t play_parse_token(bourse_call *call, const bourse_http_reply *reply) {
  bourse_receipt *receipt = bourse_append(call, BOURSE_KIND_RECEIPT);
  if (receipt == NULL) return BOURSE_ERROR_MEMORY;
  receipt->id = bourse_arena_copy(call->arena, reply->body, reply->body_length);
  return BOURSE_OK;
}

#define GET(operation_, security_, path_, parse_)                                                                 \
  {                                                                                                               \
    BOURSE_OP_##operation_, BOURSE_FOR_SPOT, security_, 0, 0, "GET", path_, {{0, 0}, {0, 0}, {0, 0}}, play_build, \
        parse_, 0, 0, 0                                                                                           \
  }
static const bourse_endpoint play_endpoints[] = {
    GET(FETCH_MARKETS, BOURSE_SECURITY_PUBLIC, "/markets", play_parse_markets),
    GET(FETCH_TIME, BOURSE_SECURITY_PUBLIC, "/time", play_parse_time),
    GET(FETCH_ORDER_BOOK, BOURSE_SECURITY_PUBLIC, "/depth", play_parse_book),
    GET(FETCH_OPEN_ORDERS, BOURSE_SECURITY_SIGNED, "/open", play_parse_orders),
    GET(FETCH_ORDER, BOURSE_SECURITY_SIGNED, "/order", play_parse_orders),
    GET(FETCH_MY_TRADES, BOURSE_SECURITY_SIGNED, "/fills", play_parse_fills),
    GET(FETCH_STREAM_TOKEN, BOURSE_SECURITY_SIGNED, "/token", play_parse_token),
    GET(EXTEND_STREAM_TOKEN, BOURSE_SECURITY_SIGNED, "/extend", play_parse_token),
    {BOURSE_OP_CREATE_ORDER,
     BOURSE_FOR_SPOT,
     BOURSE_SECURITY_SIGNED,
     SOCKET_ORDERS,
     BOURSE_ENDPOINT_ACTS | BOURSE_ENDPOINT_SOCKET,
     "place",
     "",
     {{0, 0}, {0, 0}, {0, 0}},
     play_build,
     play_parse_orders,
     0,
     0,
     0},
};

#define CAN(operation_) \
  { BOURSE_OP_##operation_, BOURSE_FOR_SPOT, 0 }
static const bourse_capability play_capabilities[] = {
    CAN(FETCH_TIME),       CAN(FETCH_MARKETS),   CAN(FETCH_ORDER_BOOK),   CAN(FETCH_OPEN_ORDERS),
    CAN(FETCH_ORDER),      CAN(FETCH_MY_TRADES), CAN(FETCH_STREAM_TOKEN), CAN(EXTEND_STREAM_TOKEN),
    CAN(CREATE_ORDER),     CAN(WATCH_TICKER),    CAN(WATCH_TRADES),       CAN(WATCH_CANDLES),
    CAN(WATCH_ORDER_BOOK), CAN(WATCH_ORDERS),    CAN(WATCH_MY_TRADES)};

static const bourse_endpoint *play_route(bourse_call *call) {
  return bourse_find_endpoint(call->adapter, call->operation, BOURSE_FOR_ALL, 0);
}

static int32_t play_sign(bourse_call *call) {
  bourse_text text;
  bourse_text_init(&text, call->arena);
  if ((call->endpoint->flags & BOURSE_ENDPOINT_SOCKET) == 0) {
    bourse_encode_params(call, &text);
    return bourse_set_query(call, &text);
  }
  bourse_put_int(call, "id", call->message_id);
  bourse_encode_json(call, &text);
  return bourse_set_body(call, &text, NULL);
}

static const bourse_adapter play_adapter = {.struct_size = sizeof(bourse_adapter),
                                            .api_version = BOURSE_API_VERSION,
                                            .name = "play",
                                            .title = "Play",
                                            .hosts = play_hosts,
                                            .host_count = 2,
                                            .capabilities = play_capabilities,
                                            .capability_count = sizeof play_capabilities / sizeof play_capabilities[0],
                                            .endpoints = play_endpoints,
                                            .endpoint_count = sizeof play_endpoints / sizeof play_endpoints[0],
                                            .products = BOURSE_FOR_SPOT,
                                            .client_id_max = 20,
                                            .client_id_extra = "-",
                                            .route = play_route,
                                            .sign = play_sign,
                                            .stream = &play_stream};

/* --- World --- */

#define SOCKETS_MAX 1200

typedef struct play_socket {
  bourse_socket_token *token;
  int open, gone, paused;
} play_socket;

typedef struct play_world {
  bourse_context *context;
  bourse_exchange *exchange;
  int64_t now_ns;
  play_socket sockets[SOCKETS_MAX];
  int socket_count;
  int hold; /* connections are not answered by themselves */
  bourse_exchange_token *pending;
  const char *depth, *open_orders, *order, *fills; /* what requests bring; NULL: no answer yet */
  int depth_asked, open_asked, order_asked, fills_asked, token_asked, extend_asked, time_asked, markets_asked;
  bourse_http_reply markets; /* how their list is answered, when that is a failure */
  char sent[65536];          /* "N message\n" of all that went over sockets; "N connect url" */
  char urls[8192];
} play_world;

static int64_t play_now(void *user_data) { return ((play_world *)user_data)->now_ns; }

static void play_note(char *log, size_t size, const char *text) {
  size_t used = strlen(log);
  snprintf(log + used, size - used, "%s\n", text);
}

static int32_t play_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  play_world *world = user_data;
  const char *body = "";
  play_note(world->urls, sizeof world->urls, request->url);
#define SERVE(path_, count_, body_) \
  if (strstr(request->url, path_) != NULL) count_++, body = (body_);
  SERVE("/markets", world->markets_asked, "")
  SERVE("/time", world->time_asked, "{\"time\":1700000005000}")
  SERVE("/depth", world->depth_asked, world->depth)
  SERVE("/open", world->open_asked, world->open_orders)
  SERVE("/order", world->order_asked, world->order)
  SERVE("/fills", world->fills_asked, world->fills)
  SERVE("/token", world->token_asked, "sesame")
  SERVE("/extend", world->extend_asked, "sesame")
#undef SERVE
  if (body == NULL) {
    world->pending = token;
    return BOURSE_OK;
  }
  bourse_http_reply reply = {.struct_size = sizeof reply,
                             .http_status = 200,
                             .sent = BOURSE_YES,
                             .body = body,
                             .body_length = strlen(body),
                             .received_ns = world->now_ns};
  if (strstr(request->url, "/markets") != NULL && world->markets.struct_size != 0) reply = world->markets;
  bourse_transport_complete(token, &reply);
  return BOURSE_OK;
}

static void play_cancel(void *user_data, bourse_exchange_token *token) {
  play_world *world = user_data;
  if (world->pending == token) world->pending = NULL;
}

static int32_t play_connect(void *user_data, const bourse_socket_request *request, bourse_socket_token *token,
                            void **out) {
  play_world *world = user_data;
  char text[300];
  if (world->socket_count == SOCKETS_MAX) return BOURSE_ERROR_MEMORY;
  play_socket *socket = &world->sockets[world->socket_count];
  *socket = (play_socket){.token = token};
  snprintf(text, sizeof text, "%d connect %s", world->socket_count++, request->url);
  play_note(world->sent, sizeof world->sent, text);
  *out = socket;
  return BOURSE_OK;
}

static int32_t play_send_message(void *user_data, void *socket, int32_t kind, const char *bytes, size_t length) {
  play_world *world = user_data;
  char text[1000];
  snprintf(text, sizeof text, "%d %s%.*s", (int)((play_socket *)socket - world->sockets),
           kind == BOURSE_MESSAGE_PING ? "ping" : "", (int)length, bytes);
  play_note(world->sent, sizeof world->sent, text);
  return BOURSE_OK;
}

static void play_pause(void *user_data, void *socket, int32_t paused) {
  (void)user_data;
  ((play_socket *)socket)->paused = paused;
}

static void play_disconnect(void *user_data, void *socket) {
  play_world *world = user_data;
  char text[60];
  snprintf(text, sizeof text, "%d disconnect", (int)((play_socket *)socket - world->sockets));
  play_note(world->sent, sizeof world->sent, text);
  ((play_socket *)socket)->gone = 1;
}

static void play_open_with(play_world *world, const bourse_options *given) {
  bourse_transport transport = {.struct_size = sizeof transport,
                                .api_version = BOURSE_API_VERSION,
                                .user_data = world,
                                .send = play_send,
                                .cancel = play_cancel,
                                .connect = play_connect,
                                .send_message = play_send_message,
                                .pause = play_pause,
                                .disconnect = play_disconnect};
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_options exchange_options = *given;
  bourse_credentials keys = BOURSE_CREDENTIALS_INIT;
  memset(world, 0, sizeof *world);
  world->now_ns = INT64_C(1700000000) * SECOND;
  world->open_orders = world->order = world->fills = "[]";
  options.transport = &transport;
  options.clock = (bourse_clock){world, play_now, play_now};
  keys.api_key = "key";
  keys.secret = "secret";
  exchange_options.credentials = &keys;
  if (exchange_options.clock_sync == 0) exchange_options.clock_sync = BOURSE_NO;
  CHECK_INT(bourse_context_new(&world->context, &options), BOURSE_OK);
  CHECK_INT(bourse_register(world->context, &play_adapter), BOURSE_OK);
  if (bourse_open(&world->exchange, world->context, "play", &exchange_options) != BOURSE_OK) {
    printf("%s\n", bourse_context_error(world->context)->message);
    exit(1);
  }
}

static inline void play_open(play_world *world) {
  bourse_options options = BOURSE_OPTIONS_INIT;
  play_open_with(world, &options);
}

static inline void play_close(play_world *world) {
  bourse_close(world->exchange);
  bourse_context_free(world->context);
}

static inline void play_pass(play_world *world, int64_t ns) {
  world->now_ns += ns;
  bourse_run(world->context, 0);
}

static inline void play_accept(play_world *world, int socket) {
  world->sockets[socket].open = 1;
  bourse_socket_opened(world->sockets[socket].token);
}

static inline void play_say(play_world *world, int socket, const char *text) {
  bourse_socket_message(world->sockets[socket].token, BOURSE_MESSAGE_TEXT, text, strlen(text), world->now_ns,
                        world->now_ns);
}

static inline void play_break(play_world *world, int socket) {
  bourse_socket_end end = {.struct_size = sizeof end, .error = BOURSE_ERROR_DISCONNECTED, .text = "cut"};
  world->sockets[socket].gone = 1;
  bourse_socket_closed(world->sockets[socket].token, &end);
}

/* Takes events until one of this kind, and symbol if given; 0: none came. */
static inline int play_until(bourse_stream *stream, bourse_stream_event *event, int32_t kind) {
  *event = (bourse_stream_event)BOURSE_STREAM_EVENT_INIT;
  while (bourse_stream_next(stream, event) > 0)
    if (event->kind == kind) return 1;
  return 0;
}

static inline bourse_stream *play_watch(play_world *world, int32_t operation, const char *const *symbols,
                                        uint32_t count, uint32_t limit, const bourse_stream_options *options) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  bourse_stream *stream = NULL;
  if (count == 1)
    request.symbol = symbols[0];
  else
    request.symbols = count == 0 ? NULL : symbols;
  request.symbol_count = count > 1 ? count : 0;
  request.limit = limit;
  if (operation == BOURSE_OP_WATCH_CANDLES) request.timeframe = "1m";
  CHECK_INT(bourse_watch(&stream, world->exchange, &request, options), BOURSE_OK);
  if (stream == NULL) printf("  %s\n", bourse_context_error(world->context)->message);
  return stream;
}

#endif
