/* exchange/kucoin/stream.c - kinds of connections and channels; subscriptions, and what kind of message one is. */
#include "exchange/kucoin/stream.h"

#include <inttypes.h>
#include <string.h>

#define SPOT     BOURSE_FOR_SPOT
#define MARGINED (BOURSE_FOR_SPOT | BOURSE_FOR_MARGIN)
#define FUTURES  BOURSE_FOR_FUTURES
#define TRADED   (BOURSE_FOR_SPOT | BOURSE_FOR_CROSS | BOURSE_FOR_FUTURES) /* by a unified account */

/* --- Connections and channels --- */

/* The exchange greets first. */
#define SOCKET(name_, host_, flags_, products_)                                                               \
  {                                                                                                           \
    .name = name_, .host = host_, .flags = BOURSE_SOCKET_TOKEN | BOURSE_SOCKET_GREETS | (flags_), .path = "", \
    .products = products_, .topics_max = 300, .batch_max = 100, .sends_max = 90,                              \
    .sends_interval_ns = 10 * KUCOIN_SECOND, .connects_max = 30, .connects_interval_ns = KUCOIN_MINUTE,       \
    .lifetime_ns = KUCOIN_DAY, .ping_ns = 15 * KUCOIN_SECOND, .silence_ns = 30 * KUCOIN_SECOND                \
  }

static const bourse_socket sockets[KUCOIN_SOCKETS] = {
    [KUCOIN_SOCKET_SPOT] = SOCKET("spot market data", KUCOIN_SPOT_WS, 0, SPOT),
    [KUCOIN_SOCKET_SPOT_ACCOUNT] = SOCKET("spot and margin account", KUCOIN_SPOT_WS, BOURSE_SOCKET_PRIVATE, MARGINED),
    [KUCOIN_SOCKET_FUTURES] = SOCKET("futures market data", KUCOIN_FUTURES_WS, 0, FUTURES),
    [KUCOIN_SOCKET_FUTURES_ACCOUNT] = SOCKET("futures account", KUCOIN_FUTURES_WS, BOURSE_SOCKET_PRIVATE, FUTURES),
    [KUCOIN_SOCKET_ORDERS] = {.name = "orders",
                              .host = KUCOIN_ORDERS_WS,
                              .flags = BOURSE_SOCKET_PRIVATE | BOURSE_SOCKET_ORDERS | BOURSE_SOCKET_GREETS,
                              .path = "/v1/private",
                              .products = MARGINED | FUTURES,
                              .connects_max = 30,
                              .connects_interval_ns = KUCOIN_MINUTE,
                              .lifetime_ns = KUCOIN_DAY,
                              .ping_ns = 15 * KUCOIN_SECOND,
                              .silence_ns = 30 * KUCOIN_SECOND},
    [KUCOIN_SOCKET_UNIFIED] = SOCKET("unified account", KUCOIN_UNIFIED_WS, BOURSE_SOCKET_PRIVATE, TRADED),
};

/* Channels of one group are one subscription. */
enum { ALONE, SNAPSHOTS, TICKERS, ORDERS, UNIFIED_ORDERS, UNIFIED_FILLS, UNIFIED_POSITIONS };

#define CHANNEL(operation_, products_, socket_, group_, flags_, variant_, name_)                         \
  {                                                                                                      \
    .operation = BOURSE_OP_WATCH_##operation_, .products = products_, .socket = KUCOIN_SOCKET_##socket_, \
    .group = group_, .flags = flags_, .variant = variant_, .name = name_                                 \
  }
#define OPEN(operation_, group_, flags_, variant_, name_) \
  CHANNEL(operation_, SPOT, SPOT, group_, flags_, variant_, name_)
#define FOPEN(operation_, group_, flags_, variant_, name_) \
  CHANNEL(operation_, FUTURES, FUTURES, group_, flags_, variant_, name_)
/* The whole of a book by numbers, from a request on; and its best levels, all of them in every message. */
#define BOOK(products_, socket_, proof_, name_)                                                        \
  {                                                                                                    \
    .operation = BOURSE_OP_WATCH_ORDER_BOOK, .products = products_, .socket = KUCOIN_SOCKET_##socket_, \
    .proof = BOURSE_PROOF_##proof_, .source = BOURSE_BOOK_FROM_REST, .name = name_                     \
  }
#define OWN(operation_, group_, variant_, name_) \
  CHANNEL(operation_, MARGINED, SPOT_ACCOUNT, group_, BOURSE_CHANNEL_ACCOUNT, variant_, name_)
#define FOWN(operation_, group_, variant_, name_) \
  CHANNEL(operation_, FUTURES, FUTURES_ACCOUNT, group_, BOURSE_CHANNEL_ACCOUNT, variant_, name_)
#define UOWN(operation_, products_, group_, name_) \
  CHANNEL(operation_, products_, UNIFIED, group_, BOURSE_CHANNEL_ACCOUNT, KUCOIN_OF_UNIFIED, name_)
#define SHOT    BOURSE_CHANNEL_SNAPSHOT
#define ALL     BOURSE_CHANNEL_ALL
#define ROLLING BOURSE_CHANNEL_ROLLING
#define WHOLE   KUCOIN_WHOLE

const bourse_channel bourse__kucoin_channels[KUCOIN_CHANNELS] = {
    [KUCOIN_TICKER] = OPEN(TICKER, SNAPSHOTS, 0, WHOLE, "/market/snapshot"),
    [KUCOIN_TICKERS] = OPEN(TICKERS, SNAPSHOTS, 0, WHOLE, "/market/snapshot"),
    [KUCOIN_ALL_TICKERS] = OPEN(TICKERS, TICKERS, ALL, KUCOIN_OF_ALL, "/market/ticker"),
    [KUCOIN_ALL_BIDS_ASKS] = OPEN(BIDS_ASKS, TICKERS, ALL, KUCOIN_OF_ALL, "/market/ticker"),
    [KUCOIN_BIDS_ASKS] = OPEN(BIDS_ASKS, ALONE, 0, WHOLE, "/spotMarket/level1"),
    [KUCOIN_BOOK] = BOOK(SPOT, SPOT, RANGE, "/market/level2"),
    [KUCOIN_BOOK_5] = OPEN(ORDER_BOOK, ALONE, SHOT, KUCOIN_LEVELS_5, "/spotMarket/level2Depth5"),
    [KUCOIN_BOOK_50] = OPEN(ORDER_BOOK, ALONE, SHOT, KUCOIN_LEVELS_50, "/spotMarket/level2Depth50"),
    [KUCOIN_TRADES] = OPEN(TRADES, ALONE, 0, WHOLE, "/market/match"),
    [KUCOIN_CANDLES] = OPEN(CANDLES, ALONE, ROLLING, WHOLE, "/market/candles"),
    [KUCOIN_FUTURES_TICKER] = FOPEN(TICKER, SNAPSHOTS, 0, WHOLE, "/contractMarket/snapshot"),
    [KUCOIN_FUTURES_TICKERS] = FOPEN(TICKERS, SNAPSHOTS, 0, WHOLE, "/contractMarket/snapshot"),
    [KUCOIN_FUTURES_BIDS_ASKS] = FOPEN(BIDS_ASKS, ALONE, 0, WHOLE, "/contractMarket/tickerV2"),
    [KUCOIN_FUTURES_BOOK] = BOOK(FUTURES, FUTURES, NEXT, "/contractMarket/level2"),
    [KUCOIN_FUTURES_BOOK_5] = FOPEN(ORDER_BOOK, ALONE, SHOT, KUCOIN_LEVELS_5, "/contractMarket/level2Depth5"),
    [KUCOIN_FUTURES_BOOK_50] = FOPEN(ORDER_BOOK, ALONE, SHOT, KUCOIN_LEVELS_50, "/contractMarket/level2Depth50"),
    [KUCOIN_FUTURES_TRADES] = FOPEN(TRADES, ALONE, 0, WHOLE, "/contractMarket/execution"),
    [KUCOIN_FUTURES_CANDLES] = FOPEN(CANDLES, ALONE, ROLLING, WHOLE, "/contractMarket/limitCandle"),
    [KUCOIN_FUTURES_MARK] = FOPEN(MARK_PRICE, ALONE, 0, WHOLE, "/contract/instrument"),
    [KUCOIN_OWN_ORDERS] = OWN(ORDERS, ORDERS, WHOLE, "/spotMarket/tradeOrdersV2"),
    [KUCOIN_OWN_FILLS] = OWN(MY_TRADES, ORDERS, WHOLE, "/spotMarket/tradeOrdersV2"),
    [KUCOIN_OWN_STOPS] = OWN(ORDERS, ALONE, KUCOIN_OF_STOPS, "/spotMarket/advancedOrders"),
    [KUCOIN_OWN_BALANCES] = OWN(BALANCES, ALONE, WHOLE, "/account/balance"),
    [KUCOIN_FUTURES_ORDERS] = FOWN(ORDERS, ORDERS, WHOLE, "/contractMarket/tradeOrders"),
    [KUCOIN_FUTURES_FILLS] = FOWN(MY_TRADES, ORDERS, WHOLE, "/contractMarket/tradeOrders"),
    [KUCOIN_FUTURES_STOPS] = FOWN(ORDERS, ALONE, KUCOIN_OF_STOPS, "/contractMarket/advancedOrders"),
    [KUCOIN_FUTURES_BALANCES] = FOWN(BALANCES, ALONE, WHOLE, "/contractAccount/wallet"),
    [KUCOIN_FUTURES_POSITIONS] = FOWN(POSITIONS, ALONE, WHOLE, "/contract/positionAll"),
    [KUCOIN_UNIFIED_ORDERS] = UOWN(ORDERS, TRADED, UNIFIED_ORDERS, "orderAll"),
    [KUCOIN_UNIFIED_FILLS] = UOWN(MY_TRADES, TRADED, UNIFIED_FILLS, "execution"),
    [KUCOIN_UNIFIED_BALANCES] = UOWN(BALANCES, TRADED, ALONE, "balance"),
    [KUCOIN_UNIFIED_POSITIONS] = UOWN(POSITIONS, FUTURES, UNIFIED_POSITIONS, "positionAll"),
};

/* --- Topics --- */

/* A whole book of spot is for keys only. */
static uint32_t book_variant(const bourse_watch_call *call) {
  const bourse__kucoin_state *state = call->state;
  uint32_t limit = call->request->limit;
  if (limit > 0 && limit <= 5) return KUCOIN_LEVELS_5;
  if (limit > 0 && limit <= 50) return KUCOIN_LEVELS_50;
  return limit == 0 && state->keyed <= 0 && call->product == BOURSE_PRODUCT_SPOT ? KUCOIN_LEVELS_50 : KUCOIN_WHOLE;
}

/* Conditional orders come on a channel of their own: params channel = advancedOrders. */
static int32_t wants_stops(const bourse_request *request) {
  const char *channel = bourse_own_param(request, "channel");
  return channel != NULL && strcmp(channel, "advancedOrders") == 0;
}

static const bourse_channel *choose(bourse_watch_call *call) {
  const bourse__kucoin_state *state = call->state;
  int32_t operation = call->operation, spot = call->product == BOURSE_PRODUCT_SPOT;
  uint32_t variant = KUCOIN_WHOLE;
  if (state->unified > 0 && operation >= BOURSE_OP_WATCH_ORDERS)
    return bourse_find_channel(call->adapter, operation, bourse_watch_for(call), KUCOIN_OF_UNIFIED);
  if (operation == BOURSE_OP_WATCH_ORDER_BOOK) variant = book_variant(call);
  if (operation == BOURSE_OP_WATCH_ORDERS && wants_stops(call->request)) variant = KUCOIN_OF_STOPS;
  if (spot && call->market == NULL && (operation == BOURSE_OP_WATCH_TICKERS || operation == BOURSE_OP_WATCH_BIDS_ASKS))
    variant = KUCOIN_OF_ALL;
  if (operation == BOURSE_OP_WATCH_ORDER_BOOK && variant == KUCOIN_WHOLE && spot && state->keyed <= 0) {
    bourse_watch_fail(call, BOURSE_ERROR_ARGUMENT, "limit",
                      "limit is %u; without a key KuCoin's spot books are 50 levels deep",
                      (unsigned)call->request->limit);
    return NULL;
  }
  return bourse_find_channel(call->adapter, operation, bourse_watch_for(call), variant);
}

static int32_t set_topic(bourse_watch_call *call, bourse_topic *topic) {
  const bourse_channel *channel = topic->channel;
  size_t count;
  topic->name = (channel->flags & ALL) != 0 ? "all" : topic->id;
  if (channel->variant == KUCOIN_OF_UNIFIED && channel != &bourse__kucoin_channels[KUCOIN_UNIFIED_BALANCES])
    topic->qualifier = bourse__kucoin_unified_qualifier(call->product);
  if (channel->operation == BOURSE_OP_WATCH_ORDER_BOOK) topic->keep_depth = call->request->limit;
  if (channel->operation != BOURSE_OP_WATCH_CANDLES) return BOURSE_OK;
  if (call->request->price_kind != 0 && call->request->price_kind != BOURSE_PRICE_LAST)
    return bourse_watch_fail(call, BOURSE_ERROR_UNSUPPORTED, "price_kind",
                             "KuCoin streams candles of the last price only");
  const bourse_interval *intervals = bourse__kucoin_spot_intervals(&count);
  const bourse_interval *interval = bourse_watch_interval(call, intervals, count);
  if (interval == NULL) return BOURSE_ERROR_ARGUMENT;
  topic->qualifier = interval->native;
  topic->name = bourse_arena_format(call->arena, "%s_%s", topic->id, interval->native);
  return topic->name != NULL ? BOURSE_OK : bourse_watch_fail(call, BOURSE_ERROR_MEMORY, NULL, "out of memory");
}

/* --- Connecting and subscribing --- */

static int32_t is_orders(const bourse_link *link) { return link->socket == &sockets[KUCOIN_SOCKET_ORDERS]; }

static int32_t is_unified(const bourse_link *link) { return link->socket == &sockets[KUCOIN_SOCKET_UNIFIED]; }

/* The token is the URL. */
static int32_t url(bourse_link *link, bourse_text *out) {
  if (is_orders(link)) return bourse__kucoin_orders_url(link, out);
  if (is_unified(link)) return bourse__kucoin_unified_url(link, out);
  out->length = 0;
  bourse_text_string(out, link->token);
  bourse_text_string(out, "&connectId=");
  bourse_text_int(out, link->now_ns / KUCOIN_MILLISECOND);
  return bourse_text_finish(out) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* Nothing: the exchange greets. */
static int32_t login(bourse_link *link, bourse_text *message) {
  (void)link;
  (void)message;
  return BOURSE_OK;
}

static int32_t subscribe(bourse_link *link, int32_t on, const bourse_topic *const *topics, uint32_t count, int64_t id,
                         bourse_text *message) {
  if (is_unified(link)) return bourse__kucoin_unified_subscribe(on, topics[0], id, message);
  bourse_text_string(message, "{\"id\":\"");
  bourse_text_int(message, id);
  bourse_text_string(message,
                     on ? "\",\"type\":\"subscribe\",\"topic\":\"" : "\",\"type\":\"unsubscribe\",\"topic\":\"");
  bourse_text_string(message, topics[0]->channel->name);
  for (uint32_t i = 0; i < count && topics[i]->name[0] != '\0'; i++) {
    bourse_text_char(message, i == 0 ? ':' : ',');
    bourse_text_string(message, topics[i]->name);
  }
  bourse_text_string(message, "\",\"privateChannel\":");
  bourse_text_string(message, bourse_bool_text((link->socket->flags & BOURSE_SOCKET_PRIVATE) != 0));
  bourse_text_string(message, ",\"response\":true}");
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

static int32_t ping(bourse_link *link, int64_t id, bourse_text *message) {
  bourse_text_string(message, "{\"id\":\"");
  bourse_text_int(message, id);
  bourse_text_string(message, is_orders(link) ? "\",\"op\":\"ping\"}" : "\",\"type\":\"ping\"}");
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* --- Messages --- */

void bourse__kucoin_decode_data(bourse_link *link, bourse_decoder *decoder, const bourse__kucoin_message *m) {
  bourse_link_decode_copy(link, decoder, m->data.data, m->data.length);
}

void bourse__kucoin_split_candles(bourse_slice name, bourse_slice *id, bourse_slice *length) {
  size_t at = name.length;
  while (at > 0 && name.data[at - 1] != '_') at--;
  *id = (bourse_slice){name.data, at > 0 ? at - 1 : name.length};
  *length = at > 0 ? (bourse_slice){name.data + at, name.length - at} : (bourse_slice){"", 0};
}

const bourse_market *bourse__kucoin_name_market(bourse_link *link, const bourse_topic *topic, bourse_slice id,
                                                const char **symbol, const char **market_id) {
  const bourse_market *market = topic->market != NULL ? topic->market : bourse_link_market(link, link->product, id);
  *symbol = market == NULL ? NULL : market->symbol;
  *market_id = market != NULL ? market->id : bourse_arena_copy(link->arena, id.data, id.length);
  return market;
}

/* What a topic's messages are, by its word. */
typedef struct bourse__kucoin_kind {
  const char *word;
  size_t length; /* of it */
  uint32_t channel;
  bourse__kucoin_receiver *receive;
} kind;

#define KIND(word_, channel_, receive_) \
  { word_, sizeof(word_) - 1, channel_, receive_ }
#define NEWS(word_) KIND(word_, KUCOIN_CHANNELS, NULL)
static const kind kinds[] = {
    KIND("/market/level2", KUCOIN_BOOK, bourse__kucoin_receive_changes),
    KIND("/market/snapshot", KUCOIN_TICKER, bourse__kucoin_receive_snapshot),
    KIND("/market/ticker", KUCOIN_ALL_TICKERS, bourse__kucoin_receive_last),
    KIND("/spotMarket/level1", KUCOIN_BIDS_ASKS, bourse__kucoin_receive_best),
    KIND("/spotMarket/level2Depth5", KUCOIN_BOOK_5, bourse__kucoin_receive_levels),
    KIND("/spotMarket/level2Depth50", KUCOIN_BOOK_50, bourse__kucoin_receive_levels),
    KIND("/market/match", KUCOIN_TRADES, bourse__kucoin_receive_trade),
    KIND("/market/candles", KUCOIN_CANDLES, bourse__kucoin_receive_candle),
    KIND("/contractMarket/level2", KUCOIN_FUTURES_BOOK, bourse__kucoin_receive_change),
    KIND("/contractMarket/level2Depth5", KUCOIN_FUTURES_BOOK_5, bourse__kucoin_receive_levels),
    KIND("/contractMarket/level2Depth50", KUCOIN_FUTURES_BOOK_50, bourse__kucoin_receive_levels),
    KIND("/contractMarket/tickerV2", KUCOIN_FUTURES_BIDS_ASKS, bourse__kucoin_receive_futures_best),
    KIND("/contractMarket/snapshot", KUCOIN_FUTURES_TICKER, bourse__kucoin_receive_futures_ticker),
    KIND("/contractMarket/execution", KUCOIN_FUTURES_TRADES, bourse__kucoin_receive_trade),
    KIND("/contractMarket/limitCandle", KUCOIN_FUTURES_CANDLES, bourse__kucoin_receive_candle),
    KIND("/contract/instrument", KUCOIN_FUTURES_MARK, bourse__kucoin_receive_mark),
    KIND("/spotMarket/tradeOrdersV2", KUCOIN_OWN_ORDERS, bourse__kucoin_receive_order),
    KIND("/spotMarket/tradeOrders", KUCOIN_OWN_ORDERS, bourse__kucoin_receive_order),
    KIND("/spotMarket/advancedOrders", KUCOIN_OWN_STOPS, bourse__kucoin_receive_stop),
    KIND("/account/balance", KUCOIN_OWN_BALANCES, bourse__kucoin_receive_balance),
    KIND("/contractMarket/tradeOrders", KUCOIN_FUTURES_ORDERS, bourse__kucoin_receive_order),
    KIND("/contractMarket/advancedOrders", KUCOIN_FUTURES_STOPS, bourse__kucoin_receive_stop),
    KIND("/contractAccount/wallet", KUCOIN_FUTURES_BALANCES, bourse__kucoin_receive_wallet),
    KIND("/contract/positionAll", KUCOIN_FUTURES_POSITIONS, bourse__kucoin_receive_position),
    KIND("/contract/position", KUCOIN_FUTURES_POSITIONS, bourse__kucoin_receive_position),
    /* News that no operation tells. */
    NEWS("/callauction/callauctionData"),
    NEWS("/callauction/level2Depth50"),
    NEWS("/contractMarket/ticker"),
    NEWS("/contract/announcement"),
    NEWS("/contract/marginMode"),
    NEWS("/contract/crossLeverage"),
    NEWS("/indicator/index"),
    NEWS("/indicator/markPrice"),
    NEWS("/margin/position"),
    NEWS("/margin/isolatedPosition"),
    NEWS("/margin/fundingBook"),
    NEWS("/margin/loan"),
};

/* Takes a topic apart. */
static void name_topic_of(bourse__kucoin_message *m, bourse_slice topic) {
  const char *colon = memchr(topic.data, ':', topic.length);
  m->word = topic;
  m->name = (bourse_slice){"", 0};
  m->kind = NULL;
  if (colon != NULL) {
    m->word.length = (size_t)(colon - topic.data);
    m->name = (bourse_slice){colon + 1, topic.length - m->word.length - 1};
  }
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && m->kind == NULL; i++)
    if (kinds[i].length == m->word.length && memcmp(kinds[i].word, m->word.data, m->word.length) == 0)
      m->kind = &kinds[i];
}

static int32_t is_market_data(const bourse__kucoin_message *m) {
  return m->kind != NULL && bourse__kucoin_is_public(m->kind->channel);
}

/* Market data is read at once when the topic is known, or guessed; else its bytes are kept until it is. */
static int32_t read_data(bourse_decoder *decoder, void *member) {
  bourse__kucoin_message *m =
      (bourse__kucoin_message *)(void *)((char *)member - offsetof(bourse__kucoin_message, data));
  bourse_slice topic = m->topic.length > 0 ? m->topic : m->guess;
  if (topic.length > 0) name_topic_of(m, topic);
  if (is_market_data(m)) return bourse__kucoin_read_public(decoder, m, m->kind->channel);
  return bourse_decode_value(decoder, BOURSE_AS_RAW, NULL, "data", &m->data);
}

/* The orders that members come in, by the first. */
#define TOPIC   BOURSE_FIELD("topic", SLICE, bourse__kucoin_message, topic)
#define TYPE    BOURSE_FIELD("type", SLICE, bourse__kucoin_message, type)
#define SUBJECT BOURSE_FIELD("subject", SLICE, bourse__kucoin_message, subject)
#define DATA    BOURSE_FIELD_CUSTOM("data", bourse__kucoin_message, data, read_data)
#define OTHERS \
  BOURSE_FIELD("id", SLICE, bourse__kucoin_message, id), BOURSE_FIELD("code", SLICE, bourse__kucoin_message, code)
static const bourse_field topic_first[] = {TOPIC, TYPE, SUBJECT, DATA, OTHERS};
static const bourse_field type_first[] = {TYPE, TOPIC, SUBJECT, DATA, OTHERS};
static const bourse_field data_first[] = {DATA, SUBJECT, TOPIC, TYPE, OTHERS};
static const bourse_table message_tables[] = {BOURSE_TABLE(topic_first), BOURSE_TABLE(type_first),
                                              BOURSE_TABLE(data_first)};

/* The topic of {"data":...,"topic":"...","type":"message"}: some messages have what tells them apart behind the data. */
static bourse_slice topic_behind(const char *bytes, size_t length) {
  static const char head[] = "{\"data\":", name[] = "\"topic\":\"", tail[] = "\",\"type\":\"message\"}";
  const bourse_slice nothing = {"", 0};
  if (length < 64 || memcmp(bytes, head, sizeof head - 1) != 0) return nothing;
  const char *end = bytes + length - (sizeof tail - 1);
  if (memcmp(end, tail, sizeof tail - 1) != 0) return nothing;
  const char *from = end;
  while (from > bytes + sizeof head + sizeof name && from[-1] != '"') from--;
  if (memcmp(from - (sizeof name - 1), name, sizeof name - 1) != 0) return nothing;
  return (bourse_slice){from, (size_t)(end - from)};
}

static int32_t read_message(bourse_link *link, const char *bytes, size_t length, bourse_slice guess,
                            bourse__kucoin_message *m) {
  bourse_decoder decoder;
  memset(m, 0, sizeof *m);
  m->guess = guess;
  bourse_link_decode_copy(link, &decoder, bytes, length);
  bourse_decode_object_by_order(&decoder, message_tables, sizeof message_tables / sizeof message_tables[0], m);
  return bourse_link_decoded(link, &decoder);
}

static int32_t receive_topic(bourse_link *link, bourse__kucoin_message *m) {
  if (m->data.data == NULL && m->row == NULL) return bourse_link_unknown(link, "data: required, but missing");
  if (m->kind == NULL) name_topic_of(m, m->topic);
  if (m->kind == NULL) return bourse_link_unknown(link, "a topic that we do not know");
  if (m->row == NULL && is_market_data(m)) {
    bourse_decoder decoder;
    bourse__kucoin_decode_data(link, &decoder, m);
    bourse__kucoin_read_public(&decoder, m, m->kind->channel);
    int32_t code = bourse_link_decoded(link, &decoder);
    if (code != BOURSE_OK) return code;
  }
  return m->kind->receive == NULL ? BOURSE_OK : m->kind->receive(link, m, m->kind->channel);
}

/* --- Answers --- */

static const struct {
  const char *code;
  int32_t error;
} refusals[] = {
    {"400", BOURSE_ERROR_BAD_REQUEST}, {"401", BOURSE_ERROR_AUTH},         {"403", BOURSE_ERROR_AUTH},
    {"404", BOURSE_ERROR_BAD_REQUEST}, {"406", BOURSE_ERROR_BAD_REQUEST},  {"415", BOURSE_ERROR_BAD_REQUEST},
    {"500", BOURSE_ERROR_UNAVAILABLE}, {"509", BOURSE_ERROR_RATE_LIMITED},
};

static int32_t refusal_of(bourse_slice code) {
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
    if (bourse_slice_is(code, refusals[i].code)) return refusals[i].error;
  return BOURSE_ERROR_REFUSED;
}

/* The text stands in quotes there. */
static bourse_slice text_of(bourse_slice data) {
  if (data.length >= 2 && data.data[0] == '"') return (bourse_slice){data.data + 1, data.length - 2};
  return data.data == NULL ? (bourse_slice){"", 0} : data;
}

static void receive_error(bourse_link *link, const bourse__kucoin_message *m) {
  int32_t code = refusal_of(m->code);
  int64_t id = bourse_slice_int(m->id);
  bourse_slice text = text_of(m->data);
  if (code == BOURSE_ERROR_AUTH && bourse_slice_is(m->code, "401")) {
    bourse_emit_token_dead(link);
  } else if (id > 0) {
    bourse_ack ack = {.id = id, .code = code, .exchange_code = m->code, .exchange_message = text};
    bourse_emit_ack(link, &ack);
  } else {
    bourse_emit_error(link, code, m->code, text);
  }
}

static int32_t receive(bourse_link *link, const char *bytes, size_t length) {
  bourse__kucoin_message m;
  bourse_slice none = {"", 0};
  if (is_orders(link)) return bourse__kucoin_receive_answer(link, bytes, length);
  if (is_unified(link)) return bourse__kucoin_receive_unified(link, bytes, length);
  bourse_slice guess = topic_behind(bytes, length);
  int32_t code = read_message(link, bytes, length, guess, &m);
  if (guess.length > 0 &&
      (code != BOURSE_OK || m.topic.length != guess.length || memcmp(m.topic.data, guess.data, guess.length) != 0))
    code = read_message(link, bytes, length, none, &m);
  if (code != BOURSE_OK) return code;
  if (bourse_slice_is(m.type, "message") || (m.type.length == 0 && m.topic.length > 0)) {
    return m.topic.length > 0 ? receive_topic(link, &m) : bourse_link_unknown(link, "topic: required, but missing");
  } else if (bourse_slice_is(m.type, "welcome")) {
    bourse_emit_login(link, BOURSE_OK, none, none);
  } else if (bourse_slice_is(m.type, "ack")) {
    bourse_ack ack = {.id = bourse_slice_int(m.id)};
    bourse_emit_ack(link, &ack);
  } else if (bourse_slice_is(m.type, "error")) {
    receive_error(link, &m);
  } else if (!bourse_slice_is(m.type, "pong") && !bourse_slice_is(m.type, "notice")) {
    return bourse_link_unknown(link, "a type that we do not know");
  }
  return BOURSE_OK;
}

const bourse_stream_adapter bourse__kucoin_stream = {
    .struct_size = sizeof(bourse_stream_adapter),
    .api_version = BOURSE_API_VERSION,
    .sockets = sockets,
    .channels = bourse__kucoin_channels,
    .socket_count = KUCOIN_SOCKETS,
    .channel_count = KUCOIN_CHANNELS,
    .choose = choose,
    .topic = set_topic,
    .url = url,
    .login = login,
    .subscribe = subscribe,
    .ping = ping,
    .receive = receive,
};
