/* exchange/binance/stream.c - connections, channels, subscriptions, and what kind of message one is.
 *
 * Market data comes in the combined form, {"stream": "btcusdt@depth@100ms", "data": {...}}: partial books and spot's
 * best prices do not say otherwise what they are. Recordings also have the data alone, so that is understood too.
 * User data comes alone (futures), or as {"subscriptionId": 0, "event": {...}} (spot and margin). */
#include <string.h>

#include "exchange/binance/stream.h"

#define COUNT(array_) ((uint32_t)(sizeof(array_) / sizeof((array_)[0])))

/* --- Connections --- */

#define SPOT    BOURSE_FOR_SPOT
#define MARGIN  BOURSE_FOR_MARGIN
#define LINEAR  BOURSE_FOR_LINEAR
#define INVERSE BOURSE_FOR_INVERSE

/* 5 messages a second on spot and 10 on futures, pings and pongs among them: some are left free for those. 300 new
 * connections in 5 minutes. */
#define SPOT_PACE \
  .sends_max = 4, .sends_interval_ns = BINANCE_SECOND, .connects_max = 300, .connects_interval_ns = 300 * BINANCE_SECOND
#define FUTURES_PACE \
  .sends_max = 8, .sends_interval_ns = BINANCE_SECOND, .connects_max = 300, .connects_interval_ns = 300 * BINANCE_SECOND
/* Spot is pinged by the exchange every 20 seconds, futures every 3 minutes, so there we ask by ourselves. */
#define SPOT_LIFE    .lifetime_ns = BINANCE_DAY, .silence_ns = 60 * BINANCE_SECOND
#define FUTURES_LIFE .lifetime_ns = BINANCE_DAY, .ping_ns = 30 * BINANCE_SECOND, .silence_ns = 75 * BINANCE_SECOND
#define STREAMS      .flags = BOURSE_SOCKET_MIXED, .topics_max = 1024, .batch_max = 200

static const bourse_socket sockets[BINANCE_SOCKETS] = {
    [BINANCE_SOCKET_SPOT] = {.name = "spot market data",
                             .host = BINANCE_WS,
                             .path = "/stream",
                             .products = SPOT | MARGIN,
                             STREAMS,
                             SPOT_PACE,
                             SPOT_LIFE},
    [BINANCE_SOCKET_API] = {.name = "spot account and orders",
                            .host = BINANCE_WS_API,
                            .path = "/ws-api/v3",
                            .products = SPOT,
                            .flags = BOURSE_SOCKET_MIXED | BOURSE_SOCKET_PRIVATE | BOURSE_SOCKET_ORDERS,
                            .batch_max = 8,
                            .connects_max = 300,
                            .connects_interval_ns = 300 * BINANCE_SECOND,
                            SPOT_LIFE},
    [BINANCE_SOCKET_MARGIN] = {.name = "margin account",
                               .host = BINANCE_WS_API,
                               .path = "/ws-api/v3",
                               .products = MARGIN,
                               .flags = BOURSE_SOCKET_MIXED | BOURSE_SOCKET_PRIVATE | BOURSE_SOCKET_TOKEN,
                               .batch_max = 8,
                               .connects_max = 300,
                               .connects_interval_ns = 300 * BINANCE_SECOND,
                               SPOT_LIFE},
    [BINANCE_SOCKET_LINEAR_PUBLIC] = {.name = "USD-M books",
                                      .host = BINANCE_FSTREAM,
                                      .path = "/public/stream",
                                      .products = LINEAR,
                                      STREAMS,
                                      FUTURES_PACE,
                                      FUTURES_LIFE},
    [BINANCE_SOCKET_LINEAR_MARKET] = {.name = "USD-M market data",
                                      .host = BINANCE_FSTREAM,
                                      .path = "/market/stream",
                                      .products = LINEAR,
                                      STREAMS,
                                      FUTURES_PACE,
                                      FUTURES_LIFE},
    [BINANCE_SOCKET_LINEAR_USER] = {.name = "USD-M account",
                                    .host = BINANCE_FSTREAM,
                                    .path = "/private/ws?listenKey=",
                                    .products = LINEAR,
                                    .flags = BOURSE_SOCKET_PRIVATE | BOURSE_SOCKET_TOKEN,
                                    FUTURES_PACE,
                                    FUTURES_LIFE,
                                    .token_extend_ns = 1800 * BINANCE_SECOND},
    [BINANCE_SOCKET_LINEAR_API] = {.name = "USD-M orders",
                                   .host = BINANCE_WS_FAPI,
                                   .path = "/ws-fapi/v1",
                                   .products = LINEAR,
                                   .flags = BOURSE_SOCKET_PRIVATE | BOURSE_SOCKET_ORDERS,
                                   .connects_max = 300,
                                   .connects_interval_ns = 300 * BINANCE_SECOND,
                                   FUTURES_LIFE},
    [BINANCE_SOCKET_INVERSE] = {.name = "COIN-M market data",
                                .host = BINANCE_DSTREAM,
                                .path = "/stream",
                                .products = INVERSE,
                                STREAMS,
                                FUTURES_PACE,
                                FUTURES_LIFE},
    [BINANCE_SOCKET_INVERSE_USER] = {.name = "COIN-M account",
                                     .host = BINANCE_DSTREAM,
                                     .path = "/ws/",
                                     .products = INVERSE,
                                     .flags = BOURSE_SOCKET_PRIVATE | BOURSE_SOCKET_TOKEN,
                                     FUTURES_PACE,
                                     FUTURES_LIFE,
                                     .token_extend_ns = 1800 * BINANCE_SECOND},
};

/* --- Channels --- */

#define MINUTES(n_) ((n_)*60 * BINANCE_SECOND)

/* clang-format off: rows stay rows */
#define ROW(operation_, products_, socket_, feed_, name_, ...)                                              \
  {                                                                                                         \
    .operation = BOURSE_OP_WATCH_##operation_, .products = (products_), .socket = BINANCE_SOCKET_##socket_, \
    .variant = BINANCE_##feed_, .name = name_, __VA_ARGS__                                                  \
  }
#define SILENT_FOR(ns_) .silence_ns = (ns_)
#define ALL             .flags = BOURSE_CHANNEL_ALL
#define BOOK(proof_)    .proof = BOURSE_PROOF_##proof_, .source = BOURSE_BOOK_FROM_REST
/* What happens on an account is one subscription; on futures the connection itself is it. Records say all that the
 * exchange tells of a thing at that moment and are not merged: what was known of a position before (its liquidation
 * price, say) is not true of it after a change. */
#define ACCOUNT  .flags = BOURSE_CHANNEL_ACCOUNT, .group = 1
#define IMPLICIT .flags = BOURSE_CHANNEL_ACCOUNT | BOURSE_CHANNEL_IMPLICIT, .group = 1

/* A name is what stands behind "btcusdt@", or the whole of it for all markets. Tickers of one market and of several are
 * the same channel. A quiet market may say nothing for a while; an unknown name is never answered at all. */
static const bourse_channel channels[] = {
    ROW(TICKER, SPOT | MARGIN, SPOT, TICKER, "ticker", SILENT_FOR(MINUTES(5))),
    ROW(TICKERS, SPOT | MARGIN, SPOT, ALL_TICKERS, "!miniTicker@arr", ALL, SILENT_FOR(MINUTES(1))),
    ROW(BIDS_ASKS, SPOT | MARGIN, SPOT, BEST, "bookTicker", SILENT_FOR(MINUTES(5))),
    ROW(ORDER_BOOK, SPOT | MARGIN, SPOT, BOOK, "depth", BOOK(RANGE), SILENT_FOR(MINUTES(5))),
    ROW(TRADES, SPOT | MARGIN, SPOT, TRADE, "trade", .flags = 0),
    ROW(TRADES, SPOT | MARGIN, SPOT, AGGREGATE, "aggTrade", .flags = 0),
    ROW(CANDLES, SPOT | MARGIN, SPOT, CANDLE, "kline_", SILENT_FOR(MINUTES(5))),
    ROW(ORDERS, SPOT, API, OWN_ORDERS, "executionReport", ACCOUNT),
    ROW(MY_TRADES, SPOT, API, OWN_FILLS, "executionReport", ACCOUNT),
    ROW(BALANCES, SPOT, API, OWN_BALANCES, "outboundAccountPosition", ACCOUNT),
    ROW(ORDERS, MARGIN, MARGIN, OWN_ORDERS, "executionReport", ACCOUNT),
    ROW(MY_TRADES, MARGIN, MARGIN, OWN_FILLS, "executionReport", ACCOUNT),
    ROW(BALANCES, MARGIN, MARGIN, OWN_BALANCES, "outboundAccountPosition", ACCOUNT),

    ROW(TICKER, LINEAR, LINEAR_MARKET, TICKER, "ticker", SILENT_FOR(MINUTES(5))),
    ROW(TICKERS, LINEAR, LINEAR_MARKET, ALL_TICKERS, "!ticker@arr", ALL, SILENT_FOR(MINUTES(1))),
    ROW(BIDS_ASKS, LINEAR, LINEAR_PUBLIC, BEST, "bookTicker", SILENT_FOR(MINUTES(5))),
    ROW(BIDS_ASKS, LINEAR, LINEAR_PUBLIC, ALL_BEST, "!bookTicker", ALL, SILENT_FOR(MINUTES(1))),
    ROW(ORDER_BOOK, LINEAR, LINEAR_PUBLIC, BOOK, "depth", BOOK(PREVIOUS), SILENT_FOR(MINUTES(5))),
    ROW(TRADES, LINEAR, LINEAR_MARKET, AGGREGATE, "aggTrade", .flags = 0),
    ROW(TRADES, LINEAR, LINEAR_PUBLIC, TRADE, "trade", .flags = 0),
    ROW(CANDLES, LINEAR, LINEAR_MARKET, CANDLE, "kline_", SILENT_FOR(MINUTES(5))),
    ROW(MARK_PRICE, LINEAR, LINEAR_MARKET, MARK_PRICE, "markPrice", SILENT_FOR(15 * BINANCE_SECOND)),
    ROW(MARK_PRICE, LINEAR, LINEAR_MARKET, ALL_MARK_PRICES, "!markPrice@arr", ALL, SILENT_FOR(15 * BINANCE_SECOND)),
    ROW(LIQUIDATIONS, LINEAR, LINEAR_MARKET, LIQUIDATION, "forceOrder", .flags = 0),
    ROW(LIQUIDATIONS, LINEAR, LINEAR_MARKET, ALL_LIQUIDATIONS, "!forceOrder@arr", ALL),
    ROW(ORDERS, LINEAR, LINEAR_USER, OWN_ORDERS, "ORDER_TRADE_UPDATE", IMPLICIT),
    ROW(MY_TRADES, LINEAR, LINEAR_USER, OWN_FILLS, "ORDER_TRADE_UPDATE", IMPLICIT),
    ROW(BALANCES, LINEAR, LINEAR_USER, OWN_BALANCES, "ACCOUNT_UPDATE", IMPLICIT),
    ROW(POSITIONS, LINEAR, LINEAR_USER, OWN_POSITIONS, "ACCOUNT_UPDATE", IMPLICIT),

    ROW(TICKER, INVERSE, INVERSE, TICKER, "ticker", SILENT_FOR(MINUTES(5))),
    ROW(TICKERS, INVERSE, INVERSE, ALL_TICKERS, "!ticker@arr", ALL, SILENT_FOR(MINUTES(1))),
    ROW(BIDS_ASKS, INVERSE, INVERSE, BEST, "bookTicker", SILENT_FOR(MINUTES(5))),
    ROW(BIDS_ASKS, INVERSE, INVERSE, ALL_BEST, "!bookTicker", ALL, SILENT_FOR(MINUTES(1))),
    ROW(ORDER_BOOK, INVERSE, INVERSE, BOOK, "depth", BOOK(PREVIOUS), SILENT_FOR(MINUTES(5))),
    ROW(TRADES, INVERSE, INVERSE, AGGREGATE, "aggTrade", .flags = 0),
    ROW(TRADES, INVERSE, INVERSE, TRADE, "trade", .flags = 0),
    ROW(CANDLES, INVERSE, INVERSE, CANDLE, "kline_", SILENT_FOR(MINUTES(5))),
    ROW(MARK_PRICE, INVERSE, INVERSE, MARK_PRICE, "markPrice", SILENT_FOR(15 * BINANCE_SECOND)),
    ROW(MARK_PRICE, INVERSE, INVERSE, ALL_MARK_PRICES, "!markPrice@arr", ALL, SILENT_FOR(15 * BINANCE_SECOND)),
    ROW(LIQUIDATIONS, INVERSE, INVERSE, LIQUIDATION, "forceOrder", .flags = 0),
    ROW(LIQUIDATIONS, INVERSE, INVERSE, ALL_LIQUIDATIONS, "!forceOrder@arr", ALL),
    ROW(ORDERS, INVERSE, INVERSE_USER, OWN_ORDERS, "ORDER_TRADE_UPDATE", IMPLICIT),
    ROW(MY_TRADES, INVERSE, INVERSE_USER, OWN_FILLS, "ORDER_TRADE_UPDATE", IMPLICIT),
    ROW(BALANCES, INVERSE, INVERSE_USER, OWN_BALANCES, "ACCOUNT_UPDATE", IMPLICIT),
    ROW(POSITIONS, INVERSE, INVERSE_USER, OWN_POSITIONS, "ACCOUNT_UPDATE", IMPLICIT),
};
/* clang-format on */

/* --- Watching --- */

static uint32_t feed_of(int32_t operation, int32_t some, int32_t futures) {
  switch (operation) {
    case BOURSE_OP_WATCH_TICKER:
    case BOURSE_OP_WATCH_TICKERS: return some ? BINANCE_TICKER : BINANCE_ALL_TICKERS;
    case BOURSE_OP_WATCH_BIDS_ASKS: return some ? BINANCE_BEST : BINANCE_ALL_BEST;
    case BOURSE_OP_WATCH_ORDER_BOOK: return BINANCE_BOOK;
    case BOURSE_OP_WATCH_TRADES: return futures ? BINANCE_AGGREGATE : BINANCE_TRADE;
    case BOURSE_OP_WATCH_CANDLES: return BINANCE_CANDLE;
    case BOURSE_OP_WATCH_MARK_PRICE: return some ? BINANCE_MARK_PRICE : BINANCE_ALL_MARK_PRICES;
    case BOURSE_OP_WATCH_LIQUIDATIONS: return some ? BINANCE_LIQUIDATION : BINANCE_ALL_LIQUIDATIONS;
    case BOURSE_OP_WATCH_ORDERS: return BINANCE_OWN_ORDERS;
    case BOURSE_OP_WATCH_MY_TRADES: return BINANCE_OWN_FILLS;
    case BOURSE_OP_WATCH_BALANCES: return BINANCE_OWN_BALANCES;
    default: return BINANCE_OWN_POSITIONS;
  }
}

static int32_t check_candles(bourse_watch_call *call) {
  const bourse_request *request = call->request;
  if (request->price_kind != 0 && request->price_kind != BOURSE_PRICE_LAST)
    return bourse_watch_fail(call, BOURSE_ERROR_UNSUPPORTED, "price_kind", "Binance streams candles of the last price");
  return bourse_watch_interval(call, BINANCE_INTERVALS(call->product)) != NULL ? BOURSE_OK : BOURSE_ERROR_ARGUMENT;
}

static const bourse_channel *choose(bourse_watch_call *call) {
  const bourse_request *request = call->request;
  int32_t some = request->symbol != NULL || request->symbol_count > 0;
  uint32_t feed = feed_of(call->operation, some, call->product != BOURSE_PRODUCT_SPOT);
  /* Tickers of several markets are those of single ones. */
  int32_t operation = feed == BINANCE_TICKER ? BOURSE_OP_WATCH_TICKER : call->operation;
  const bourse_channel *channel = bourse_find_channel(call->adapter, operation, bourse_watch_for(call), feed);
  if (channel == NULL) {
    bourse_watch_fail(call, some ? BOURSE_ERROR_UNSUPPORTED : BOURSE_ERROR_ARGUMENT, some ? NULL : "symbols",
                      some ? "Binance has no such stream here" : "Binance wants symbols here");
    return NULL;
  }
  int32_t single = (channel->flags & (BOURSE_CHANNEL_ALL | BOURSE_CHANNEL_ACCOUNT)) == 0;
  if (single && !some) {
    bourse_watch_fail(call, BOURSE_ERROR_ARGUMENT, "symbols", "Binance wants symbols here");
    return NULL;
  }
  if (feed == BINANCE_CANDLE && check_candles(call) != BOURSE_OK) return NULL;
  return channel;
}

/* Milliseconds between updates: the slowest pace that is not slower than wanted. */
static int64_t pace_of(const bourse_watch_call *call, uint32_t feed) {
  if (feed == BINANCE_MARK_PRICE || feed == BINANCE_ALL_MARK_PRICES) return call->interval_ms >= 3000 ? 3000 : 1000;
  if (feed != BINANCE_BOOK) return 0;
  if (call->product == BOURSE_PRODUCT_SPOT) return call->interval_ms >= 1000 ? 1000 : 100;
  return call->interval_ms >= 500 ? 500 : call->interval_ms >= 250 ? 250 : 100;
}

/* How a stream's name ends for a pace; 1000, 3000 and 250 are what goes without saying where they can be had. */
static const char *pace_text(uint32_t feed, int64_t pace_ms) {
  if (feed == BINANCE_BOOK) return pace_ms == 100 ? "@100ms" : pace_ms == 500 ? "@500ms" : "";
  return pace_ms == 1000 ? "@1s" : "";
}

/* "BTCUSDT" -> "btcusdt": letters outside ASCII stay as they are. */
static void put_lower(bourse_text *text, const char *id) {
  for (; *id != '\0'; id++) bourse_text_char(text, (char)(*id >= 'A' && *id <= 'Z' ? *id + ('a' - 'A') : *id));
}

/* Of the book as much as is told at once; more than that is known only of what changes. */
static uint32_t book_depth(const bourse_watch_call *call) {
  return call->product == BOURSE_PRODUCT_SPOT && call->request->limit > 1000 ? 5000 : 1000;
}

static int32_t fill_topic(bourse_watch_call *call, bourse_topic *topic) {
  const bourse_channel *channel = topic->channel;
  bourse_text name;
  if ((channel->flags & BOURSE_CHANNEL_ACCOUNT) != 0) return BOURSE_OK;
  bourse_text_init(&name, call->arena);
  if (topic->market != NULL) {
    topic->id = topic->market->id;
    put_lower(&name, topic->id);
    bourse_text_char(&name, '@');
  }
  bourse_text_string(&name, channel->name);
  if (channel->variant == BINANCE_CANDLE) {
    bourse_text_string(&name, call->request->timeframe);
    topic->qualifier = call->request->timeframe;
  }
  if (channel->variant == BINANCE_BOOK) topic->depth = book_depth(call);
  topic->native = pace_of(call, channel->variant);
  bourse_text_string(&name, pace_text(channel->variant, topic->native));
  topic->name = bourse_text_finish(&name);
  if (topic->name != NULL) return BOURSE_OK;
  return bourse_watch_fail(call, BOURSE_ERROR_MEMORY, NULL, "out of memory");
}

/* The library has written the host; listen keys end the path. */
static int32_t write_url(bourse_link *link, bourse_text *url) {
  bourse_text_string(url, link->socket->path);
  if (link->socket == &sockets[BINANCE_SOCKET_LINEAR_USER] || link->socket == &sockets[BINANCE_SOCKET_INVERSE_USER])
    bourse_text_url(url, link->token, strlen(link->token));
  return url->failed ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

static int32_t subscribe(bourse_link *link, int32_t on, const bourse_topic *const *topics, uint32_t count, int64_t id,
                         bourse_text *message) {
  if ((topics[0]->channel->flags & BOURSE_CHANNEL_ACCOUNT) != 0)
    return bourse__binance_subscribe_user(link, on, id, message);
  bourse_text_string(message,
                     on ? "{\"method\":\"SUBSCRIBE\",\"params\":[" : "{\"method\":\"UNSUBSCRIBE\",\"params\":[");
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) bourse_text_char(message, ',');
    bourse_text_json(message, topics[i]->name, strlen(topics[i]->name));
  }
  bourse_text_string(message, "],\"id\":");
  bourse_text_int(message, id);
  bourse_text_char(message, '}');
  return message->failed ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

/* --- Topics of messages --- */

/* Rows of the link's product by feed, looked up once for each connection. */
typedef struct link_rows {
  const bourse_channel *of[BINANCE_FEEDS];
  int32_t ready;
} link_rows;
_Static_assert(sizeof(link_rows) <= sizeof(((bourse_link *)0)->memory), "a link's memory holds its rows");

static uint32_t products_of(const bourse_link *link) {
  switch (link->product) {
    case BOURSE_PRODUCT_LINEAR: return LINEAR;
    case BOURSE_PRODUCT_INVERSE: return INVERSE;
    default:
      return link->margin_mode == BOURSE_MARGIN_CROSS      ? BOURSE_FOR_CROSS
             : link->margin_mode == BOURSE_MARGIN_ISOLATED ? BOURSE_FOR_ISOLATED
                                                           : SPOT;
  }
}

/* An id may be written with escapes where it is not of ASCII. */
static bourse_topic *find_escaped(bourse_link *link, const bourse_channel *channel, bourse_slice id,
                                  bourse_slice qualifier) {
  if (id.length > 0 && memchr(id.data, '\\', id.length) != NULL) {
    char *plain = bourse_arena_alloc(link->arena, id.length + 1);
    int64_t length = plain == NULL ? -1 : bourse_json_unescape(plain, id);
    if (length < 0) return NULL;
    id = (bourse_slice){plain, (size_t)length};
  } else if (link->lenient <= 0) {
    return NULL; /* looked for already */
  }
  return bourse_link_topic(link, channel, id, qualifier);
}

bourse_topic *bourse__binance_topic(bourse_link *link, int32_t feed, bourse_slice id, bourse_slice qualifier) {
  link_rows *rows = (link_rows *)(void *)link->memory;
  if (!rows->ready) {
    uint32_t products = products_of(link);
    for (uint32_t i = COUNT(channels); i-- > 0;)
      if ((channels[i].products & products) != 0) rows->of[channels[i].variant] = &channels[i];
    rows->ready = 1;
  }
  if (rows->of[feed] == NULL) return NULL;
  bourse_topic *topic = link->lenient > 0 ? NULL : bourse_link_topic(link, rows->of[feed], id, qualifier);
  return topic != NULL ? topic : find_escaped(link, rows->of[feed], id, qualifier);
}

int32_t bourse__binance_link_market(bourse_decoder *decoder, void *member) {
  bourse_link *link = decoder->user_data;
  const char **names = member;
  bourse_slice id = {NULL, 0};
  int32_t code = bourse_decode_text(decoder, &id);
  if (code != BOURSE_OK) return code;
  const bourse_market *market = bourse_link_market(link, link->product, id);
  if (market != NULL) {
    names[0] = market->symbol;
    names[1] = market->id;
    return BOURSE_OK;
  }
  names[1] = bourse_arena_copy(decoder->arena, id.data, id.length);
  return names[1] != NULL ? BOURSE_OK : bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
}

/* --- What a message is --- */

int32_t bourse__binance_end(bourse__binance_event *event) {
  bourse_json *json = &event->decoder.json;
  bourse_slice key;
  /* Usually the braces of the event and of the whole close together. */
  if (json->depth == 1 && json->end - json->cursor == 1 && *json->cursor == '}') return BOURSE_OK;
  if (event->decoder.error == BOURSE_OK && json->depth == 1) /* inside {"stream": ..., "data": ...} */
    while (bourse_json_object_next(json, &key)) bourse_json_skip(json);
  return bourse_link_decoded(event->link, &event->decoder);
}

/* Documented, of no channel that we have, or told better by another message:
 * - balanceUpdate and externalLockUpdate tell a difference and no state; outboundAccountPosition comes along with them
 *   and tells the state. listStatus names orders that each have their own executionReport.
 * - TRADE_LITE is the fill that ORDER_TRADE_UPDATE tells too, with its fee. */
static const char *const passed_over[] = {
    "balanceUpdate",
    "externalLockUpdate",
    "listStatus",
    "TRADE_LITE",
    "ACCOUNT_CONFIG_UPDATE",
    "STRATEGY_UPDATE",
    "GRID_UPDATE",
    "CONDITIONAL_ORDER_TRIGGER_REJECT",
    "RISK_LEVEL_CHANGE",
    "MARGIN_LEVEL_STATUS_CHANGE",
    "USER_LIABILITY_CHANGE",
    "marginLevelStatusChange",
    "userLiabilityChange",
    "liabilityChange",
    "openOrderLoss",
    "avgPrice",
    "referencePrice",
    "blockTrade",
    "1hTicker",
    "4hTicker",
    "1dTicker",
    "contractInfo",
    "compositeIndex",
    "assetIndexUpdate",
    "indexPriceUpdate",
    "continuous_kline",
    "indexPrice_kline",
    "markPrice_kline",
    "tradingSession",
};

static int32_t is_passed_over(bourse_slice type) {
  for (size_t i = 0; i < sizeof passed_over / sizeof passed_over[0]; i++)
    if (bourse_slice_is(type, passed_over[i])) return 1;
  return 0;
}

/* An event whose type is known. */
static int32_t receive_typed(bourse__binance_event *event) {
  int32_t code;
  if (bourse__binance_market_event(event, &code) || bourse__binance_user_event(event, &code)) return code;
  if (bourse_slice_is(event->type, "serverShutdown")) {
    bourse_emit_shutdown(event->link);
  } else if (bourse_slice_is(event->type, "listenKeyExpired") ||
             bourse_slice_is(event->type, "eventStreamTerminated")) {
    bourse_emit_token_dead(event->link);
  } else if (!is_passed_over(event->type)) {
    return bourse_link_unknown(event->link, "an event of a type that is not known");
  }
  bourse_json_skip(&event->decoder.json);
  return bourse__binance_end(event);
}

/* What tells events apart that carry no type. */
typedef struct untyped {
  bourse_slice type;
  bourse_slice update;
  bourse_slice ask_amount;
  bourse_slice depth;
} untyped;

static const bourse_field untyped_fields[] = {
    BOURSE_FIELD("e", SLICE, untyped, type),
    BOURSE_FIELD("u", SLICE, untyped, update),
    BOURSE_FIELD("A", SLICE, untyped, ask_amount),
    BOURSE_FIELD("lastUpdateId", SLICE, untyped, depth),
};
static const bourse_table untyped_table = BOURSE_TABLE(untyped_fields);

/* 1 when the event begins with its type, as it usually does. */
static int32_t begins_with_type(bourse__binance_event *event) {
  static const char key[] = "\"e\":\"";
  const bourse_json *json = &event->decoder.json;
  const char *p = json->cursor;
  if (p == json->end || *p++ != '{') return 0;
  while (p < json->end && *p == ' ') p++;
  if ((size_t)(json->end - p) <= sizeof key || memcmp(p, key, sizeof key - 1) != 0) return 0;
  p += sizeof key - 1;
  const char *close = memchr(p, '"', (size_t)(json->end - p));
  if (close == NULL) return 0;
  event->type = (bourse_slice){p, (size_t)(close - p)};
  return 1;
}

/* 1 when the stream's name ends with that. */
static int32_t is_stream(const bourse__binance_event *event, const char *ending) {
  size_t length = strlen(ending);
  return length < event->stream.length &&
         memcmp(event->stream.data + event->stream.length - length, ending, length) == 0;
}

/* The event that the decoder stands before. */
static int32_t receive_event(bourse__binance_event *event) {
  untyped found;
  if (begins_with_type(event)) return receive_typed(event);
  if (is_stream(event, "@bookTicker")) {
    event->type = (bourse_slice){"bookTicker", 10};
    return receive_typed(event);
  }
  if (bourse_json_kind(&event->decoder.json) == BOURSE_JSON_ARRAY) return bourse__binance_market_events(event);
  /* Its keys in another order, or none of the usual events: looked at twice. */
  bourse_decoder ahead = event->decoder;
  memset(&found, 0, sizeof found);
  bourse_decode_object(&ahead, &untyped_table, &found);
  if (ahead.error != BOURSE_OK) {
    event->decoder = ahead;
    return bourse__binance_end(event);
  }
  event->type = found.type;
  if (found.type.length == 0 && found.update.length > 0 && found.ask_amount.length > 0)
    event->type = (bourse_slice){"bookTicker", 10};
  if (event->type.length > 0) return receive_typed(event);
  /* A partial book proves nothing, so books are not made of them. */
  if (found.depth.length == 0) return bourse_link_unknown(event->link, "an event without a type");
  event->decoder = ahead;
  return bourse__binance_end(event);
}

static int32_t receive_part(bourse_link *link, bourse_slice stream, bourse_slice bytes) {
  bourse__binance_event event = {.link = link, .stream = stream};
  bourse_link_decode(link, &event.decoder, bytes.data, bytes.length);
  return receive_event(&event);
}

/* --- The message as a whole --- */

typedef struct envelope {
  bourse_slice stream;
  bourse_slice data;
  bourse_slice event;
  bourse_slice type;
  bourse_slice depth;
  bourse_slice update;
  bourse__binance_answer answer;
} envelope;

static const bourse_field envelope_fields[] = {
    BOURSE_FIELD("subscriptionId", CHECK, envelope, answer.status),
    BOURSE_FIELD("event", RAW, envelope, event),
    BOURSE_FIELD("stream", SLICE, envelope, stream),
    BOURSE_FIELD("data", RAW, envelope, data),
    BOURSE_FIELD("id", SLICE, envelope, answer.id),
    BOURSE_FIELD("status", INT32, envelope, answer.status),
    BOURSE_FIELD("result", RAW, envelope, answer.result),
    BOURSE_FIELD("error", RAW, envelope, answer.error),
    BOURSE_FIELD("code", SLICE, envelope, answer.code),
    BOURSE_FIELD("msg", SLICE, envelope, answer.message),
    BOURSE_FIELD("e", SLICE, envelope, type),
    BOURSE_FIELD("u", SLICE, envelope, update),
    BOURSE_FIELD("lastUpdateId", SLICE, envelope, depth),
};
static const bourse_table envelope_table = BOURSE_TABLE(envelope_fields);

static int32_t receive_any(bourse_link *link, const char *bytes, size_t length) {
  static const bourse_slice none = {NULL, 0};
  const bourse_slice whole = {bytes, length};
  bourse_decoder decoder;
  envelope found;
  memset(&found, 0, sizeof found);
  bourse_link_decode(link, &decoder, bytes, length);
  if (bourse_json_kind(&decoder.json) == BOURSE_JSON_ARRAY) return receive_part(link, none, whole);
  bourse_decode_object(&decoder, &envelope_table, &found);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  if (found.data.length > 0) return receive_part(link, found.stream, found.data);
  if (found.event.length > 0) return receive_part(link, none, found.event);
  if (found.type.length > 0 || found.depth.length > 0 || found.update.length > 0)
    return receive_part(link, none, whole);
  const bourse__binance_answer *answer = &found.answer;
  if (answer->id.length == 0 && answer->status == 0 && answer->error.length == 0 && answer->code.length == 0)
    return bourse_link_unknown(link, "neither an event nor an answer");
  return bourse__binance_answered(link, answer);
}

/* The usual forms are read where they stand; everything else is looked at as a whole first. */
static int32_t receive(bourse_link *link, const char *bytes, size_t length) {
  static const char opening[] = "{\"stream\":", between[] = ",\"data\":";
  static const bourse_slice none = {NULL, 0};
  bourse__binance_event event; /* not cleared: it is large, and each member is set */
  bourse_json *json = &event.decoder.json;
  int32_t escaped;
  if (length > 6 && memcmp(bytes, "{\"e\":\"", 6) == 0) return receive_part(link, none, (bourse_slice){bytes, length});
  if (length < sizeof opening + sizeof between || memcmp(bytes, opening, sizeof opening - 1) != 0)
    return receive_any(link, bytes, length);
  event.link = link;
  event.type = none;
  bourse_link_decode(link, &event.decoder, bytes, length);
  json->cursor = bytes + sizeof opening - 1;
  if (!bourse_json_string(json, &event.stream, &escaped) || (size_t)(json->end - json->cursor) < sizeof between ||
      memcmp(json->cursor, between, sizeof between - 1) != 0)
    return receive_any(link, bytes, length);
  json->cursor += sizeof between - 1;
  json->depth = 1;
  return receive_event(&event);
}

const bourse_stream_adapter bourse__binance_streams = {
    .struct_size = sizeof(bourse_stream_adapter),
    .api_version = BOURSE_API_VERSION,
    .sockets = sockets,
    .channels = channels,
    .socket_count = BINANCE_SOCKETS,
    .channel_count = COUNT(channels),
    .choose = choose,
    .topic = fill_topic,
    .url = write_url,
    .subscribe = subscribe,
    .receive = receive,
};
