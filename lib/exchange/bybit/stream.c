/* exchange/bybit/stream.c - kinds of connections and channels; login, subscriptions, and what kind of message one is. */
#include "exchange/bybit/stream.h"

#include <inttypes.h>
#include <string.h>

#define TRADED (BOURSE_FOR_SPOT | BOURSE_FOR_CROSS | BOURSE_FOR_FUTURES)

/* --- Connections and channels --- */

/* All names that are subscribed on a connection may have 21000 letters together; on spot a message takes ten of them. */
#define SOCKET(name_, host_, flags_, path_, products_, batch_)                                                        \
  {                                                                                                                   \
    .name = name_, .host = host_, .flags = flags_, .path = path_, .products = products_, .topics_max = 400,           \
    .batch_max = batch_, .connects_max = 450, .connects_interval_ns = 5 * BYBIT_MINUTE, .ping_ns = 20 * BYBIT_SECOND, \
    .silence_ns = 50 * BYBIT_SECOND                                                                                   \
  }
#define MARKET(name_, path_, products_, batch_) \
  SOCKET(name_, BYBIT_WS, BOURSE_SOCKET_MIXED, "/v5/public/" path_, products_, batch_)

static const bourse_socket sockets[BYBIT_SOCKETS] = {
    [BYBIT_SOCKET_SPOT] = MARKET("spot market data", "spot", BOURSE_FOR_SPOT, 10),
    [BYBIT_SOCKET_LINEAR] = MARKET("linear market data", "linear", BOURSE_FOR_LINEAR, 50),
    [BYBIT_SOCKET_INVERSE] = MARKET("inverse market data", "inverse", BOURSE_FOR_INVERSE, 50),
    [BYBIT_SOCKET_OPTION] = MARKET("option market data", "option", BOURSE_FOR_OPTION, 50),
    [BYBIT_SOCKET_ACCOUNT] =
        SOCKET("account", BYBIT_WS_PRIVATE, BOURSE_SOCKET_PRIVATE | BOURSE_SOCKET_MIXED, "/v5/private", TRADED, 10),
    [BYBIT_SOCKET_ORDERS] =
        SOCKET("orders", BYBIT_WS_TRADE, BOURSE_SOCKET_PRIVATE | BOURSE_SOCKET_ORDERS, "/v5/trade", TRADED, 1),
};

/* Channels of one group are one subscription. */
enum { ALONE, TICKER };

#define CHANNEL(operation_, product_, group_, flags_, name_)                                                         \
  {                                                                                                                  \
    .operation = BOURSE_OP_WATCH_##operation_, .products = BOURSE_FOR_##product_, .socket = BYBIT_SOCKET_##product_, \
    .group = group_, .flags = flags_, .name = name_                                                                  \
  }
/* Their numbers rise by one; the whole state comes first, and again after a restart there. */
#define BOOK(product_)                                                                                             \
  {                                                                                                                \
    .operation = BOURSE_OP_WATCH_ORDER_BOOK, .products = BOURSE_FOR_##product_, .socket = BYBIT_SOCKET_##product_, \
    .proof = BOURSE_PROOF_NEXT, .source = BOURSE_BOOK_FROM_CHANNEL, .flags = BOURSE_CHANNEL_SNAPSHOT,              \
    .name = "orderbook"                                                                                            \
  }
#define OWN(operation_, products_, name_)                                                             \
  {                                                                                                   \
    .operation = BOURSE_OP_WATCH_##operation_, .products = products_, .socket = BYBIT_SOCKET_ACCOUNT, \
    .flags = BOURSE_CHANNEL_ACCOUNT, .name = name_                                                    \
  }
#define SPARSE BOURSE_CHANNEL_SPARSE

/* Tickers of contracts tell only what changed. Those of spot have no best prices, so these are a book of one level. */
#define CONTRACTS(product_)                                                                                    \
  CHANNEL(TICKER, product_, TICKER, SPARSE, "tickers"), CHANNEL(TICKERS, product_, TICKER, SPARSE, "tickers"), \
      CHANNEL(BIDS_ASKS, product_, ALONE, 0, "orderbook"), BOOK(product_),                                     \
      CHANNEL(TRADES, product_, ALONE, 0, "publicTrade"), CHANNEL(CANDLES, product_, ALONE, 0, "kline"),       \
      CHANNEL(MARK_PRICE, product_, TICKER, SPARSE, "tickers"),                                                \
      CHANNEL(LIQUIDATIONS, product_, ALONE, 0, "allLiquidation")

enum { OF_SPOT = 0, OF_LINEAR = 6, OF_INVERSE = 14, OF_OPTION = 22, OF_ACCOUNT = 27, CHANNELS = 31 };

static const bourse_channel channels[CHANNELS] = {
    CHANNEL(TICKER, SPOT, TICKER, 0, "tickers"),
    CHANNEL(TICKERS, SPOT, TICKER, 0, "tickers"),
    CHANNEL(BIDS_ASKS, SPOT, ALONE, 0, "orderbook"),
    BOOK(SPOT),
    CHANNEL(TRADES, SPOT, ALONE, 0, "publicTrade"),
    CHANNEL(CANDLES, SPOT, ALONE, 0, "kline"),
    CONTRACTS(LINEAR),
    CONTRACTS(INVERSE),
    CHANNEL(TICKER, OPTION, TICKER, 0, "tickers"),
    CHANNEL(TICKERS, OPTION, TICKER, 0, "tickers"),
    CHANNEL(BIDS_ASKS, OPTION, TICKER, 0, "tickers"),
    BOOK(OPTION),
    CHANNEL(MARK_PRICE, OPTION, TICKER, 0, "tickers"),
    OWN(ORDERS, TRADED, "order"),
    OWN(MY_TRADES, TRADED, "execution"),
    OWN(POSITIONS, BOURSE_FOR_FUTURES, "position"),
    OWN(BALANCES, TRADED, "wallet"),
};

#define NONE 255
static const uint8_t rows[BYBIT_SOCKET_OPTION + 1][BYBIT_KINDS] = {
    [BYBIT_SOCKET_SPOT] = {0, 1, 2, 3, 4, 5, NONE, NONE},
    [BYBIT_SOCKET_LINEAR] = {0, 1, 2, 3, 4, 5, 6, 7},
    [BYBIT_SOCKET_INVERSE] = {0, 1, 2, 3, 4, 5, 6, 7},
    [BYBIT_SOCKET_OPTION] = {0, 1, 2, 3, NONE, NONE, 4, NONE},
};

const bourse_channel *bourse__bybit_channel(const bourse_link *link, int32_t kind) {
  static const uint32_t firsts[] = {OF_SPOT, OF_LINEAR, OF_INVERSE, OF_OPTION};
  size_t socket = (size_t)(link->socket - sockets);
  if (socket > BYBIT_SOCKET_OPTION || rows[socket][kind] == NONE) return NULL;
  return &channels[firsts[socket] + rows[socket][kind]];
}

const bourse_channel *bourse__bybit_own_channel(int32_t kind) { return &channels[OF_ACCOUNT + kind]; }

/* --- Topics --- */

static int32_t is_option(const bourse_watch_call *call) { return call->product == BOURSE_PRODUCT_OPTION; }

/* The next depth that can be subscribed; 0: there is none so deep. */
static uint32_t round_depth(const bourse_watch_call *call, uint32_t wanted) {
  static const uint32_t depths[] = {50, 200, 1000}, of_options[] = {25, 100};
  const uint32_t *all = is_option(call) ? of_options : depths;
  for (size_t i = 0; i < (is_option(call) ? 2u : 3u); i++)
    if (wanted <= all[i]) return all[i];
  return 0;
}

static int32_t name_topic(bourse_watch_call *call, bourse_topic *topic, const char *part) {
  const char *word = topic->channel->name;
  topic->qualifier = part;
  topic->name = part[0] != '\0' ? bourse_arena_format(call->arena, "%s.%s.%s", word, part, topic->id)
                                : bourse_arena_format(call->arena, "%s.%s", word, topic->id);
  return topic->name != NULL && part != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

static int32_t set_book(bourse_watch_call *call, bourse_topic *topic) {
  uint32_t wanted = call->request->limit;
  topic->depth = topic->keep_depth = round_depth(call, wanted);
  if (topic->depth == 0)
    return bourse_watch_fail(call, BOURSE_ERROR_ARGUMENT, "limit",
                             "Bybit's books are at most %d levels deep here, not %u", is_option(call) ? 100 : 1000,
                             (unsigned)wanted);
  const char *part = bourse_arena_format(call->arena, "%" PRIu32, topic->depth);
  return part == NULL ? BOURSE_ERROR_MEMORY : name_topic(call, topic, part);
}

static int32_t set_candles(bourse_watch_call *call, bourse_topic *topic) {
  if (call->request->price_kind != 0 && call->request->price_kind != BOURSE_PRICE_LAST)
    return bourse_watch_fail(call, BOURSE_ERROR_UNSUPPORTED, "price_kind",
                             "Bybit streams candles of the last price only");
  const bourse_interval *interval = bourse_watch_interval(call, bourse__bybit_intervals, BYBIT_INTERVALS);
  return interval == NULL ? BOURSE_ERROR_ARGUMENT : name_topic(call, topic, interval->native);
}

/* Own orders, fills and positions are subscribed by product; all that trades shares one wallet. */
static int32_t set_topic(bourse_watch_call *call, bourse_topic *topic) {
  const bourse_channel *channel = topic->channel;
  if ((channel->flags & BOURSE_CHANNEL_ACCOUNT) != 0) {
    topic->name = channel->name;
    if (channel == bourse__bybit_own_channel(BYBIT_OWN_BALANCES)) return BOURSE_OK;
    topic->qualifier = bourse__bybit_category(call->product);
    topic->name = bourse_arena_format(call->arena, "%s.%s", channel->name, topic->qualifier);
    return topic->name == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
  }
  switch (channel->operation) {
    case BOURSE_OP_WATCH_ORDER_BOOK: return set_book(call, topic);
    case BOURSE_OP_WATCH_CANDLES: return set_candles(call, topic);
    case BOURSE_OP_WATCH_BIDS_ASKS: return name_topic(call, topic, is_option(call) ? "" : "1");
    default: return name_topic(call, topic, "");
  }
}

/* --- Login and subscriptions --- */

#define LOGIN_MS 10000

/* {"req_id": "1", "op": "auth", "args": [key, until when, signature of that]} */
static int32_t login(bourse_link *link, bourse_text *message) {
  uint8_t signature[BOURSE_SIGNATURE_SIZE_MAX];
  size_t length = 0;
  bourse_text signed_text, written;
  if ((link->socket->flags & BOURSE_SOCKET_PRIVATE) == 0) return BOURSE_OK;
  int64_t until_ms = link->now_ns / BYBIT_MILLISECOND + LOGIN_MS;
  int32_t rsa = bourse_signer_kind(link->signer) == BOURSE_KEY_RSA;
  bourse_text_init(&signed_text, link->arena);
  bourse_text_init(&written, link->arena);
  bourse_text_string(&signed_text, "GET/realtime");
  bourse_text_int(&signed_text, until_ms);
  if (bourse_text_finish(&signed_text) == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse_sign(link->signer, rsa ? BOURSE_SIGN_RSA_SHA256 : BOURSE_SIGN_HMAC_SHA256, signed_text.data,
                             signed_text.length, signature, sizeof signature, &length);
  if (code != BOURSE_OK) return code;
  if (rsa)
    bourse_text_base64(&written, signature, length);
  else
    bourse_text_hex(&written, signature, length);
  bourse_text_string(message, "{\"req_id\":\"login\",\"op\":\"auth\",\"args\":[");
  bourse_text_json(message, link->api_key, strlen(link->api_key));
  bourse_text_char(message, ',');
  bourse_text_int(message, until_ms);
  bourse_text_char(message, ',');
  if (bourse_text_finish(&written) == NULL) return BOURSE_ERROR_MEMORY;
  bourse_text_json(message, written.data, written.length);
  bourse_text_string(message, "]}");
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

static void begin(bourse_text *message, int64_t id, const char *op) {
  bourse_text_string(message, "{\"req_id\":\"");
  bourse_text_int(message, id);
  bourse_text_string(message, "\",\"op\":\"");
  bourse_text_string(message, op);
  bourse_text_char(message, '"');
}

static int32_t subscribe(bourse_link *link, int32_t on, const bourse_topic *const *topics, uint32_t count, int64_t id,
                         bourse_text *message) {
  (void)link;
  begin(message, id, on ? "subscribe" : "unsubscribe");
  bourse_text_string(message, ",\"args\":[");
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) bourse_text_char(message, ',');
    bourse_text_json(message, topics[i]->name, strlen(topics[i]->name));
  }
  bourse_text_string(message, "]}");
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

static int32_t ping(bourse_link *link, int64_t id, bourse_text *message) {
  (void)link;
  begin(message, id, "ping");
  bourse_text_char(message, '}');
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* --- Answers --- */

static const bourse_error_hint refusals[] = {
    {NULL, "already subscribed", BOURSE_ERROR_NO_CHANGE},
    {NULL, "auth", BOURSE_ERROR_AUTH},
    {NULL, "symbol", BOURSE_ERROR_BAD_SYMBOL},
    {NULL, "topic", BOURSE_ERROR_BAD_REQUEST},
    {NULL, "handler not found", BOURSE_ERROR_BAD_REQUEST},
    {NULL, "too many", BOURSE_ERROR_RATE_LIMITED},
};

static int32_t refusal_of(const bourse__bybit_message *m) {
  if (m->code.length > 0) return bourse__bybit_error_code(m->code, m->text);
  int32_t told = bourse_error_by_text(BOURSE_ROWS(refusals), (bourse_slice){"", 0}, m->text);
  return told != 0 ? told : BOURSE_ERROR_REFUSED;
}

static int32_t is_refusal(const bourse__bybit_message *m) {
  return m->success < 0 || (m->code.length > 0 && !bourse_slice_is(m->code, "0"));
}

static void answer_login(bourse_link *link, const bourse__bybit_message *m) {
  int32_t code = is_refusal(m) ? refusal_of(m) : BOURSE_OK;
  if (code == BOURSE_ERROR_REFUSED || code == BOURSE_ERROR_BAD_REQUEST) code = BOURSE_ERROR_AUTH;
  if (code == BOURSE_ERROR_NO_CHANGE) code = BOURSE_OK;
  bourse_emit_login(link, code, m->code, m->text);
}

static void answer_subscription(bourse_link *link, const bourse__bybit_message *m, int32_t off) {
  bourse_ack ack = {.id = bourse_slice_int(m->id), .off = off};
  if (is_refusal(m)) {
    ack.code = refusal_of(m);
    ack.exchange_code = m->code;
    ack.exchange_message = m->text;
    if (ack.code == BOURSE_ERROR_NO_CHANGE) ack.code = BOURSE_OK;
  }
  bourse_emit_ack(link, &ack);
}

/* Options are answered by the names of the topics, without the number of the message. */
typedef struct named_topics {
  const char *const *taken;
  const char *const *refused;
  uint32_t taken_count;
  uint32_t refused_count;
} named_topics;

static int32_t read_taken(bourse_decoder *decoder, void *member) {
  named_topics *names = member;
  return bourse_decode_strings(decoder, &names->taken, &names->taken_count);
}
static int32_t read_refused(bourse_decoder *decoder, void *member) {
  named_topics *names = (named_topics *)(void *)((char *)member - offsetof(named_topics, refused));
  return bourse_decode_strings(decoder, &names->refused, &names->refused_count);
}

static const bourse_field named_fields[] = {
    BOURSE_FIELD_CUSTOM("successTopics", named_topics, taken, read_taken),
    BOURSE_FIELD_CUSTOM("failTopics", named_topics, refused, read_refused),
};
static const bourse_table named_table = BOURSE_TABLE(named_fields);

static void answer_named(bourse_link *link, const char *text, int32_t code) {
  static const int32_t kinds[] = {BYBIT_BOOK, BYBIT_TICKER, BYBIT_TICKERS, BYBIT_BIDS_ASKS, BYBIT_MARK_PRICE};
  bourse__bybit_name name = bourse__bybit_split(bourse_slice_of(text));
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    const bourse_channel *channel = bourse__bybit_channel(link, kinds[i]);
    if (channel == NULL || !bourse_slice_is(name.word, channel->name)) continue;
    bourse_topic *topic = bourse_link_topic(link, channel, name.id, name.part);
    if (topic == NULL) continue;
    bourse_ack ack = {.topic = topic, .code = code};
    if (code != BOURSE_OK) ack.exchange_message = bourse_slice_of(text);
    bourse_emit_ack(link, &ack);
  }
}

static int32_t answer_options(bourse_link *link, const bourse__bybit_message *m) {
  bourse_decoder decoder;
  named_topics names = {NULL, NULL, 0, 0};
  bourse__bybit_decode_data(link, &decoder, m);
  bourse_decode_object(&decoder, &named_table, &names);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK || link->lenient) return code;
  for (uint32_t i = 0; i < names.taken_count; i++) answer_named(link, names.taken[i], BOURSE_OK);
  for (uint32_t i = 0; i < names.refused_count; i++) answer_named(link, names.refused[i], BOURSE_ERROR_BAD_REQUEST);
  return BOURSE_OK;
}

/* --- Messages --- */

bourse__bybit_name bourse__bybit_split(bourse_slice topic) {
  bourse__bybit_name name = {topic, {"", 0}, {"", 0}};
  const char *end = topic.data + topic.length;
  const char *dot = topic.length == 0 ? NULL : memchr(topic.data, '.', topic.length);
  if (dot == NULL) return name;
  name.word.length = (size_t)(dot - topic.data);
  name.id = (bourse_slice){dot + 1, (size_t)(end - dot - 1)};
  const char *second = memchr(name.id.data, '.', name.id.length);
  if (second == NULL) return name;
  name.part = (bourse_slice){name.id.data, (size_t)(second - name.id.data)};
  name.id = (bourse_slice){second + 1, (size_t)(end - second - 1)};
  return name;
}

void bourse__bybit_decode_data(bourse_link *link, bourse_decoder *decoder, const bourse__bybit_message *m) {
  static const char nothing[] = "null";
  if (m->data.data == NULL)
    bourse_link_decode(link, decoder, nothing, sizeof nothing - 1);
  else
    bourse_link_decode_copy(link, decoder, m->data.data, m->data.length);
}

static const bourse_name words[] = {
    {"orderbook", BYBIT_IS_BOOK},  {"tickers", BYBIT_IS_TICKER},     {"publicTrade", BYBIT_IS_TRADES},
    {"kline", BYBIT_IS_CANDLES},   {"order", BYBIT_IS_ORDERS},       {"allLiquidation", BYBIT_IS_LIQUIDATIONS},
    {"execution", BYBIT_IS_FILLS}, {"position", BYBIT_IS_POSITIONS}, {"wallet", BYBIT_IS_WALLET},
    {"priceLimit", BYBIT_IS_NEWS}, {"insurance", BYBIT_IS_NEWS},     {"adlAlert", BYBIT_IS_NEWS},
    {"system", BYBIT_IS_NEWS},     {"greeks", BYBIT_IS_NEWS},        {"dcp", BYBIT_IS_NEWS},
    {"strategy", BYBIT_IS_NEWS},   {"spread", BYBIT_IS_NEWS},        {NULL, 0},
};

/* Whose topic it is. Books of retail orders, books of all levels, and news that no operation tells, are passed over. */
static void name_topic_of(bourse__bybit_message *m) {
  m->name = bourse__bybit_split(m->topic);
  m->is = bourse_slice_is(m->name.part, "rpi") || bourse_slice_is(m->name.part, "full")
              ? BYBIT_IS_NEWS
              : bourse_name_value(words, m->name.word);
}

static int32_t is_market_data(const bourse__bybit_message *m) {
  return m->is >= BYBIT_IS_BOOK && m->is <= BYBIT_IS_LIQUIDATIONS;
}

/* The topic stands in front of the data, so that this is read at once; else it is kept until the topic is known. */
static int32_t read_data(bourse_decoder *decoder, void *member) {
  bourse__bybit_message *m = (bourse__bybit_message *)(void *)((char *)member - offsetof(bourse__bybit_message, data));
  if (m->topic.length > 0) name_topic_of(m);
  if (is_market_data(m)) return bourse__bybit_read_market(decoder, m);
  return bourse_decode_value(decoder, BOURSE_AS_RAW, NULL, "data", &m->data);
}

static const bourse_field message_fields[] = {
    BOURSE_FIELD("topic", SLICE, bourse__bybit_message, topic),
    BOURSE_FIELD("type", SLICE, bourse__bybit_message, type),
    BOURSE_FIELD("ts", TIME_MS, bourse__bybit_message, time_ns),
    BOURSE_FIELD_CUSTOM("data", bourse__bybit_message, data, read_data),
    BOURSE_FIELD("cts", TIME_MS, bourse__bybit_message, engine_ns),
    BOURSE_FIELD("creationTime", TIME_MS, bourse__bybit_message, time_ns),
    BOURSE_FIELD("success", BOOL, bourse__bybit_message, success),
    BOURSE_FIELD("ret_msg", SLICE, bourse__bybit_message, text),
    BOURSE_FIELD("op", SLICE, bourse__bybit_message, op),
    BOURSE_FIELD("req_id", SLICE, bourse__bybit_message, id),
    BOURSE_FIELD("reqId", SLICE, bourse__bybit_message, id),
    BOURSE_FIELD("retCode", SLICE, bourse__bybit_message, code),
    BOURSE_FIELD("retMsg", SLICE, bourse__bybit_message, text),
};
static const bourse_table message_table = BOURSE_TABLE(message_fields);

static int32_t receive_market(bourse_link *link, bourse__bybit_message *m) {
  if (m->rows == NULL) {
    bourse_decoder decoder;
    bourse__bybit_decode_data(link, &decoder, m);
    bourse__bybit_read_market(&decoder, m);
    int32_t code = bourse_link_decoded(link, &decoder);
    if (code != BOURSE_OK) return code;
  }
  return bourse__bybit_emit_market(link, m);
}

static int32_t receive_topic(bourse_link *link, bourse__bybit_message *m) {
  if (m->data.data == NULL && m->rows == NULL) return bourse_link_unknown(link, "data: required, but missing");
  if (m->is == 0) name_topic_of(m);
  if (is_market_data(m)) return receive_market(link, m);
  switch (m->is) {
    case BYBIT_IS_ORDERS: return bourse__bybit_receive_orders(link, m);
    case BYBIT_IS_FILLS: return bourse__bybit_receive_fills(link, m);
    case BYBIT_IS_POSITIONS: return bourse__bybit_receive_positions(link, m);
    case BYBIT_IS_WALLET: return bourse__bybit_receive_wallet(link, m);
    case BYBIT_IS_NEWS: return BOURSE_OK;
    default: return bourse_link_unknown(link, "a topic that we do not know");
  }
}

static int32_t receive_answer(bourse_link *link, const bourse__bybit_message *m, const char *bytes, size_t length) {
  if (bourse_slice_is(m->op, "auth"))
    answer_login(link, m);
  else if (bourse_slice_is(m->op, "subscribe"))
    answer_subscription(link, m, 0);
  else if (bourse_slice_is(m->op, "unsubscribe"))
    answer_subscription(link, m, 1);
  else if (bourse_slice_begins(m->op, "order."))
    bourse_emit_reply(link, bourse_slice_int(m->id), 200, (bourse_slice){bytes, length});
  else if (is_refusal(m))
    bourse_emit_error(link, refusal_of(m), m->code, m->text);
  else if (!bourse_slice_is(m->op, "ping") && !bourse_slice_is(m->op, "pong"))
    return bourse_link_unknown(link, "an answer to an operation that we do not know");
  return BOURSE_OK;
}

static int32_t receive(bourse_link *link, const char *bytes, size_t length) {
  bourse_decoder decoder;
  bourse__bybit_message m;
  memset(&m, 0, sizeof m);
  bourse_link_decode_copy(link, &decoder, bytes, length);
  bourse_decode_object(&decoder, &message_table, &m);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  if (m.topic.length > 0) return receive_topic(link, &m);
  if (bourse_slice_is(m.type, "COMMAND_RESP")) return answer_options(link, &m);
  if (m.op.data == NULL) return bourse_link_unknown(link, "neither a topic's message nor an answer");
  return receive_answer(link, &m, bytes, length);
}

const bourse_stream_adapter bourse__bybit_stream = {
    .struct_size = sizeof(bourse_stream_adapter),
    .api_version = BOURSE_API_VERSION,
    .sockets = sockets,
    .channels = channels,
    .socket_count = BYBIT_SOCKETS,
    .channel_count = CHANNELS,
    .topic = set_topic,
    .login = login,
    .subscribe = subscribe,
    .ping = ping,
    .receive = receive,
};
