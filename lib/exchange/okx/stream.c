/* exchange/okx/stream.c - kinds of connections and channels; subscriptions, and what kind of message one is. */
#include "exchange/okx/stream.h"

#include <string.h>

#define TRADED (BOURSE_FOR_SPOT | BOURSE_FOR_MARGIN | BOURSE_FOR_FUTURES)
#define LISTED (BOURSE_FOR_SPOT | BOURSE_FOR_FUTURES | BOURSE_FOR_OPTION)
#define PRICED (BOURSE_FOR_FUTURES | BOURSE_FOR_OPTION)

/* --- Connections and channels --- */

/* A connection on which nothing comes for half a minute is closed. Three may be made in a second from one address: one in half
 * a second is that wherever the second begins. On one, 480 messages that subscribe in an hour, among which pings are counted here. */
#define SOCKET(name_, path_, flags_, products_, sends_)                                                           \
  {                                                                                                               \
    .name = name_, .host = OKX_WS, .flags = (flags_) | BOURSE_SOCKET_MIXED, .path = path_, .products = products_, \
    .topics_max = 240, .batch_max = 20, .sends_max = sends_, .sends_interval_ns = OKX_HOUR, .connects_max = 1,    \
    .connects_interval_ns = OKX_SECOND / 2, .ping_ns = 20 * OKX_SECOND, .silence_ns = 45 * OKX_SECOND             \
  }

static const bourse_socket sockets[OKX_SOCKETS] = {
    [OKX_SOCKET_PUBLIC] = SOCKET("market data", "/ws/v5/public", 0, LISTED, 450),
    [OKX_SOCKET_BUSINESS] = SOCKET("candles", "/ws/v5/business", 0, LISTED, 450),
    [OKX_SOCKET_PRIVATE] =
        SOCKET("account and orders", "/ws/v5/private", BOURSE_SOCKET_PRIVATE | BOURSE_SOCKET_ORDERS, TRADED, 0),
    [OKX_SOCKET_BUSINESS_PRIVATE] = SOCKET("strategies", "/ws/v5/business", BOURSE_SOCKET_PRIVATE, TRADED, 0),
};

/* Channels of one group are one subscription. */
enum { ALONE, TICKERS, ORDERS };

/* What tells apart the channels of one operation. */
enum { USUAL, SHALLOW, OF_MARK, OF_INDEX, OF_STRATEGIES, OF_ADVANCED };

#define CHANNEL(operation_, products_, socket_, group_, flags_, variant_, name_)                                       \
  {                                                                                                                    \
    .operation = BOURSE_OP_WATCH_##operation_, .products = products_, .socket = OKX_SOCKET_##socket_, .group = group_, \
    .flags = flags_, .variant = variant_, .name = name_                                                                \
  }
#define OWN BOURSE_CHANNEL_ACCOUNT

/* Books: a first state came with the subscription until it was announced to end; where it does not, it is fetched. */
const bourse_channel bourse__okx_channels[OKX_CHANNELS] = {
    [OKX_TICKER] = CHANNEL(TICKER, LISTED, PUBLIC, TICKERS, 0, USUAL, "tickers"),
    [OKX_TICKERS] = CHANNEL(TICKERS, LISTED, PUBLIC, TICKERS, 0, USUAL, "tickers"),
    [OKX_BIDS_ASKS] = CHANNEL(BIDS_ASKS, LISTED, PUBLIC, ALONE, 0, USUAL, "bbo-tbt"),
    [OKX_BOOK] = {.operation = BOURSE_OP_WATCH_ORDER_BOOK,
                  .products = LISTED,
                  .socket = OKX_SOCKET_PUBLIC,
                  .proof = BOURSE_PROOF_PREVIOUS,
                  .source = BOURSE_BOOK_FROM_REST,
                  .name = "books"},
    [OKX_SHALLOW_BOOK] = {.operation = BOURSE_OP_WATCH_ORDER_BOOK,
                          .products = LISTED,
                          .socket = OKX_SOCKET_PUBLIC,
                          .proof = BOURSE_PROOF_NONE,
                          .source = BOURSE_BOOK_FROM_CHANNEL,
                          .variant = SHALLOW,
                          .name = "books5"},
    [OKX_TRADE] = CHANNEL(TRADES, LISTED, PUBLIC, ALONE, 0, USUAL, "trades"),
    [OKX_CANDLES] = CHANNEL(CANDLES, LISTED, BUSINESS, ALONE, 0, USUAL, "candle"),
    [OKX_MARK_CANDLES] = CHANNEL(CANDLES, PRICED, BUSINESS, ALONE, 0, OF_MARK, "mark-price-candle"),
    [OKX_INDEX_CANDLES] = CHANNEL(CANDLES, LISTED, BUSINESS, ALONE, 0, OF_INDEX, "index-candle"),
    [OKX_MARK_PRICE] = CHANNEL(MARK_PRICE, PRICED, PUBLIC, ALONE, 0, USUAL, "mark-price"),
    [OKX_LIQUIDATIONS] =
        CHANNEL(LIQUIDATIONS, BOURSE_FOR_FUTURES, PUBLIC, ALONE, BOURSE_CHANNEL_ALL, USUAL, "liquidation-orders"),
    [OKX_OWN_ORDERS] = CHANNEL(ORDERS, TRADED, PRIVATE, ORDERS, OWN, USUAL, "orders"),
    [OKX_OWN_FILLS] = CHANNEL(MY_TRADES, TRADED, PRIVATE, ORDERS, OWN, USUAL, "orders"),
    [OKX_OWN_STRATEGIES] = CHANNEL(ORDERS, TRADED, BUSINESS_PRIVATE, ALONE, OWN, OF_STRATEGIES, "orders-algo"),
    [OKX_OWN_ADVANCED] = CHANNEL(ORDERS, TRADED, BUSINESS_PRIVATE, ALONE, OWN, OF_ADVANCED, "algo-advance"),
    [OKX_OWN_BALANCES] = CHANNEL(BALANCES, TRADED, PRIVATE, ALONE, OWN, USUAL, "account"),
    [OKX_OWN_POSITIONS] =
        CHANNEL(POSITIONS, BOURSE_FOR_MARGIN | BOURSE_FOR_FUTURES, PRIVATE, ALONE, OWN, USUAL, "positions"),
};

static const bourse_channel *const channels = bourse__okx_channels;

/* --- Topics --- */

/* Conditional and other strategies' orders come on channels of their own: params channel = orders-algo, algo-advance. */
static uint32_t variant_of(bourse_watch_call *call) {
  const bourse_request *request = call->request;
  if (call->operation == BOURSE_OP_WATCH_ORDER_BOOK) return request->limit > 0 && request->limit <= 5 ? SHALLOW : USUAL;
  if (call->operation == BOURSE_OP_WATCH_CANDLES)
    return request->price_kind == BOURSE_PRICE_MARK    ? OF_MARK
           : request->price_kind == BOURSE_PRICE_INDEX ? OF_INDEX
                                                       : USUAL;
  const char *channel = call->operation == BOURSE_OP_WATCH_ORDERS ? bourse_own_param(request, "channel") : NULL;
  if (channel == NULL) return USUAL;
  return strcmp(channel, "orders-algo") == 0    ? OF_STRATEGIES
         : strcmp(channel, "algo-advance") == 0 ? OF_ADVANCED
                                                : USUAL;
}

static const bourse_channel *choose(bourse_watch_call *call) {
  const bourse_request *request = call->request;
  if (call->operation == BOURSE_OP_WATCH_ORDER_BOOK && request->limit > 400)
    bourse_watch_fail(call, BOURSE_ERROR_ARGUMENT, "limit", "limit is %u; 1 to 400 are allowed", request->limit);
  else if (call->operation == BOURSE_OP_WATCH_CANDLES && request->price_kind == BOURSE_PRICE_PREMIUM)
    bourse_watch_fail(call, BOURSE_ERROR_UNSUPPORTED, "price_kind",
                      "OKX cannot do this: there are candles of the last, the mark and the index price");
  else
    return bourse_find_channel(call->adapter, call->operation, bourse_watch_for(call), variant_of(call));
  return NULL;
}

static int32_t set_topic(bourse_watch_call *call, bourse_topic *topic) {
  const bourse_channel *channel = topic->channel;
  if (channel == &channels[OKX_BOOK]) topic->depth = topic->keep_depth = 400;
  if (channel->operation != BOURSE_OP_WATCH_CANDLES) return BOURSE_OK;
  const bourse_interval *interval = bourse_watch_interval(call, bourse__okx_intervals, bourse__okx_interval_count);
  if (interval == NULL) return BOURSE_ERROR_ARGUMENT;
  topic->qualifier = interval->native;
  if (channel != &channels[OKX_INDEX_CANDLES] || call->market == NULL) return BOURSE_OK;
  topic->id = bourse_arena_format(call->arena, "%s-%s", call->market->base, call->market->quote);
  return topic->id != NULL ? BOURSE_OK : bourse_watch_fail(call, BOURSE_ERROR_MEMORY, NULL, "out of memory");
}

bourse_topic *bourse__okx_topic(bourse_link *link, const bourse__okx_message *m, uint32_t channel) {
  return bourse_link_topic(link, &channels[channel], m->id, m->qualifier);
}

/* --- Messages of ours --- */

static void put_arg(bourse_text *message, const char *channel, const char *qualifier, const char *name,
                    const char *value) {
  bourse_text_string(message, "{\"channel\":\"");
  bourse_text_string(message, channel);
  bourse_text_string(message, qualifier);
  bourse_text_char(message, '"');
  if (name != NULL) {
    bourse_text_string(message, ",\"");
    bourse_text_string(message, name);
    bourse_text_string(message, "\":");
    bourse_text_json(message, value, strlen(value));
  }
  bourse_text_char(message, '}');
}

static void put_topic(bourse_text *message, const bourse_topic *topic) {
  const bourse_channel *channel = topic->channel;
  if (channel == &channels[OKX_LIQUIDATIONS]) {
    put_arg(message, channel->name, "", "instType", "SWAP");
    bourse_text_char(message, ',');
    put_arg(message, channel->name, "", "instType", "FUTURES");
  } else if ((channel->flags & OWN) == 0) {
    put_arg(message, channel->name, topic->qualifier, "instId", topic->id);
  } else if (channel == &channels[OKX_OWN_BALANCES]) {
    put_arg(message, channel->name, "", NULL, NULL);
  } else {
    put_arg(message, channel->name, "", "instType", "ANY");
  }
}

static int32_t subscribe(bourse_link *link, int32_t on, const bourse_topic *const *topics, uint32_t count, int64_t id,
                         bourse_text *message) {
  (void)link;
  bourse_text_string(message, "{\"id\":\"");
  bourse_text_int(message, id);
  bourse_text_string(message, on ? "\",\"op\":\"subscribe\",\"args\":[" : "\",\"op\":\"unsubscribe\",\"args\":[");
  for (uint32_t i = 0; i < count; i++) {
    if (i > 0) bourse_text_char(message, ',');
    put_topic(message, topics[i]);
  }
  bourse_text_string(message, "]}");
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* scratch[0] of a link: the login has not been answered yet. */
static int32_t login(bourse_link *link, bourse_text *message) {
  char passphrase[BOURSE_PASSPHRASE_SIZE_MAX];
  uint8_t signature[BOURSE_SIGNATURE_SIZE_MAX];
  size_t length = 0;
  if ((link->socket->flags & BOURSE_SOCKET_PRIVATE) == 0) return BOURSE_OK;
  const char *signed_text =
      bourse_arena_format(link->arena, "%lldGET/users/self/verify", (long long)(link->now_ns / OKX_SECOND));
  if (signed_text == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse_sign(link->signer, BOURSE_SIGN_HMAC_SHA256, signed_text, strlen(signed_text), signature,
                             sizeof signature, &length);
  if (code == BOURSE_OK) code = bourse_signer_passphrase(link->signer, passphrase, sizeof passphrase);
  if (code != BOURSE_OK) return code;
  bourse_text_string(message, "{\"op\":\"login\",\"args\":[{\"apiKey\":");
  bourse_text_json(message, link->api_key, strlen(link->api_key));
  bourse_text_string(message, ",\"passphrase\":");
  bourse_text_json(message, passphrase, strlen(passphrase));
  bourse_wipe(passphrase, sizeof passphrase);
  bourse_text_string(message, ",\"timestamp\":\"");
  bourse_text_int(message, link->now_ns / OKX_SECOND);
  bourse_text_string(message, "\",\"sign\":\"");
  bourse_text_base64(message, signature, length);
  bourse_text_string(message, "\"}]}");
  link->scratch[0] = 1;
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

static int32_t ping(bourse_link *link, int64_t id, bourse_text *message) {
  (void)link;
  (void)id;
  bourse_text_string(message, "ping");
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* --- Messages --- */

typedef struct argument {
  bourse_slice channel;
  bourse_slice id;
} argument;

static const bourse_field argument_fields[] = {
    BOURSE_FIELD("channel", SLICE, argument, channel),
    BOURSE_FIELD("instId", SLICE, argument, id),
};
static const bourse_table argument_table = BOURSE_TABLE(argument_fields);

typedef int32_t (*receive_function)(bourse_link *link, const bourse__okx_message *m);

/* By the first of the rows that a channel's messages are for. */
static const receive_function readers[OKX_CHANNELS] = {
    [OKX_TICKER] = bourse__okx_receive_rows,
    [OKX_BIDS_ASKS] = bourse__okx_receive_rows,
    [OKX_BOOK] = bourse__okx_receive_book,
    [OKX_SHALLOW_BOOK] = bourse__okx_receive_book,
    [OKX_TRADE] = bourse__okx_receive_rows,
    [OKX_CANDLES] = bourse__okx_receive_rows,
    [OKX_MARK_CANDLES] = bourse__okx_receive_rows,
    [OKX_INDEX_CANDLES] = bourse__okx_receive_rows,
    [OKX_MARK_PRICE] = bourse__okx_receive_rows,
    [OKX_LIQUIDATIONS] = bourse__okx_receive_liquidations,
    [OKX_OWN_ORDERS] = bourse__okx_receive_orders,
    [OKX_OWN_STRATEGIES] = bourse__okx_receive_strategies,
    [OKX_OWN_ADVANCED] = bourse__okx_receive_strategies,
    [OKX_OWN_BALANCES] = bourse__okx_receive_balances,
    [OKX_OWN_POSITIONS] = bourse__okx_receive_positions,
};

/* Channels that we never subscribe; what somebody else subscribed is no error. */
static const bourse_name other_channels[] = {{"index-tickers", 1},
                                             {"open-interest", 1},
                                             {"funding-rate", 1},
                                             {"price-limit", 1},
                                             {"estimated-price", 1},
                                             {"instruments", 1},
                                             {"status", 1},
                                             {"opt-summary", 1},
                                             {"adl-warning", 1},
                                             {"trades-all", 1},
                                             {"books50-l2-tbt", 1},
                                             {"books-l2-tbt", 1},
                                             {"books-rpi", 1},
                                             {"books-elp", 1},
                                             {"balance_and_position", 1},
                                             {"fills", 1},
                                             {"account-greeks", 1},
                                             {"deposit-info", 1},
                                             {"liquidation-warning", 1},
                                             {"withdrawal-info", 1},
                                             {"grid-orders-spot", 1},
                                             {NULL, 0}};

/* First row of the channel of this name, OKX_CHANNELS: none of ours. A candle's interval is part of the name. */
static uint32_t row_of(bourse_slice name, bourse_slice *qualifier) {
  *qualifier = (bourse_slice){"", 0};
  for (uint32_t i = 0; i < OKX_CHANNELS && name.length > 1; i++) {
    if (name.data[0] != channels[i].name[0] || name.data[1] != channels[i].name[1] || readers[i] == NULL) continue;
    size_t length = strlen(channels[i].name);
    if (name.length < length || memcmp(name.data, channels[i].name, length) != 0) continue;
    if (name.length > length && channels[i].operation != BOURSE_OP_WATCH_CANDLES) continue;
    if (name.length > length) *qualifier = (bourse_slice){name.data + length, name.length - length};
    return i;
  }
  return OKX_CHANNELS;
}

typedef struct message {
  argument arg;
  bourse__okx_message one;
  bourse_slice event;
  bourse_slice op;
  bourse_slice id;
  bourse_slice code;
  const char *text;
} message;

/* Which row of the table it is for. */
static void name_channel_of(message *m) {
  m->one.channel = row_of(m->arg.channel, &m->one.qualifier);
  m->one.id = m->arg.id;
}

/* Rows of market data are read at once when the channel is known; else their bytes are kept until it is. */
static int32_t read_data(bourse_decoder *decoder, void *member) {
  message *m = (message *)(void *)((char *)member - offsetof(message, one.data));
  if (m->arg.channel.length > 0) name_channel_of(m);
  if (m->arg.channel.length > 0 && bourse__okx_has_rows(m->one.channel)) return bourse__okx_read_rows(decoder, &m->one);
  return bourse_decode_value(decoder, BOURSE_AS_RAW, NULL, "data", &m->one.data);
}

static const bourse_field message_fields[] = {
    BOURSE_FIELD_OBJECT("arg", message, arg, &argument_table),
    BOURSE_FIELD_CUSTOM("data", message, one.data, read_data),
    BOURSE_FIELD("action", SLICE, message, one.action),
    BOURSE_FIELD("event", SLICE, message, event),
    BOURSE_FIELD("id", SLICE, message, id),
    BOURSE_FIELD("op", SLICE, message, op),
    BOURSE_FIELD("code", SLICE, message, code),
    BOURSE_FIELD("msg", STRING, message, text),
    BOURSE_FIELD("eventType", SLICE, message, one.event_type),
};
static const bourse_table message_table = BOURSE_TABLE(message_fields);

static int32_t receive_data(bourse_link *link, message *m) {
  bourse__okx_message *one = &m->one;
  if (one->rows == NULL) {
    bourse_decoder decoder;
    name_channel_of(m);
    if (bourse__okx_has_rows(one->channel)) {
      bourse_link_decode_copy(link, &decoder, one->data.data, one->data.length);
      bourse__okx_read_rows(&decoder, one);
      int32_t code = bourse_link_decoded(link, &decoder);
      if (code != BOURSE_OK) return code;
    }
  }
  if (one->channel < OKX_CHANNELS) {
    if ((channels[one->channel].flags & (OWN | BOURSE_CHANNEL_ALL)) != 0) one->id = (bourse_slice){"", 0};
    return readers[one->channel](link, one);
  }
  if (bourse_name_value(other_channels, m->arg.channel) != 0) return BOURSE_OK;
  return bourse_link_unknown(link, "a channel that we do not know");
}

/* --- Answers --- */

/* The topics that an answer is about. */
static void acknowledge(bourse_link *link, bourse_slice channel, bourse_slice id, const bourse_ack *answer) {
  bourse__okx_message one = {.id = id};
  bourse_ack ack = *answer;
  uint32_t first = row_of(channel, &one.qualifier);
  if (link->lenient) {
    bourse_emit_ack(link, &ack);
    return;
  }
  for (uint32_t i = first; i < OKX_CHANNELS; i++) {
    if (strcmp(channels[i].name, channels[first].name) != 0) continue;
    if (channels[i].socket != channels[first].socket || &sockets[channels[i].socket] != link->socket) continue;
    if ((channels[i].flags & (OWN | BOURSE_CHANNEL_ALL)) != 0) one.id = (bourse_slice){"", 0};
    ack.topic = bourse__okx_topic(link, &one, i);
    if (ack.topic != NULL) bourse_emit_ack(link, &ack);
  }
}

/* "Wrong URL or channel:books,instId:XX-YY doesn't exist": what stands behind a word, up to the next that is none. */
static bourse_slice word_behind(bourse_slice text, const char *name) {
  size_t length = strlen(name);
  for (size_t i = 0; i + length < text.length; i++) {
    if (memcmp(text.data + i, name, length) != 0) continue;
    size_t from = i + length, to;
    while (from < text.length && strchr("\\\": ", text.data[from]) != NULL) from++;
    for (to = from; to < text.length && strchr("\\\"', :}]", text.data[to]) == NULL; to++) continue;
    return (bourse_slice){text.data + from, to - from};
  }
  return (bourse_slice){"", 0};
}

/* Refusals tell which message they answer only lately, and of which channel only in their text. */
static int32_t receive_error(bourse_link *link, const message *m) {
  bourse_slice text = bourse_slice_of(m->text);
  int32_t code = bourse__okx_error_code(m->code, text);
  bourse_ack ack = {.id = bourse_slice_int(m->id), .code = code, .exchange_code = m->code, .exchange_message = text};
  if (link->scratch[0] != 0) {
    link->scratch[0] = 0;
    bourse_emit_login(link, code, m->code, text);
    return BOURSE_OK;
  }
  bourse_slice channel = word_behind(text, "channel"), id = word_behind(text, "instId");
  if (channel.length > 0 && row_of(channel, &(bourse_slice){"", 0}) < OKX_CHANNELS && !link->lenient) {
    acknowledge(link, channel, id, &ack);
    return BOURSE_OK;
  }
  if (ack.id != 0)
    bourse_emit_ack(link, &ack);
  else
    bourse_emit_error(link, code, m->code, text);
  return BOURSE_OK;
}

enum { IS_SUBSCRIBED = 1, IS_UNSUBSCRIBED, IS_ERROR, IS_LOGIN, IS_NOTICE, IS_COUNT, IS_COUNT_ERROR };

static const bourse_name events[] = {{"subscribe", IS_SUBSCRIBED},
                                     {"unsubscribe", IS_UNSUBSCRIBED},
                                     {"error", IS_ERROR},
                                     {"login", IS_LOGIN},
                                     {"notice", IS_NOTICE},
                                     {"channel-conn-count", IS_COUNT},
                                     {"channel-conn-count-error", IS_COUNT_ERROR},
                                     {NULL, 0}};

static int32_t receive_event(bourse_link *link, const message *m) {
  bourse_ack ack = {.id = bourse_slice_int(m->id)};
  bourse_slice text = bourse_slice_of(m->text);
  switch (bourse_name_value(events, m->event)) {
    case IS_UNSUBSCRIBED: ack.off = BOURSE_YES; /* fall through */
    case IS_SUBSCRIBED:
      if (m->arg.channel.length > 0) acknowledge(link, m->arg.channel, m->arg.id, &ack);
      return BOURSE_OK;
    case IS_ERROR: return receive_error(link, m);
    case IS_LOGIN:
      link->scratch[0] = 0;
      bourse_emit_login(
          link,
          m->code.length == 0 || bourse_slice_is(m->code, "0") ? BOURSE_OK : bourse__okx_error_code(m->code, text),
          m->code, text);
      return BOURSE_OK;
    case IS_NOTICE: /* an upgrade: the connection will be closed in a minute */
      if (bourse_slice_is(m->code, "64008")) bourse_emit_shutdown(link);
      return BOURSE_OK;
    case IS_COUNT: return BOURSE_OK;
    case IS_COUNT_ERROR: bourse_emit_error(link, BOURSE_ERROR_RATE_LIMITED, m->code, text); return BOURSE_OK;
    default: return bourse_link_unknown(link, "an event that we do not know");
  }
}

static int32_t receive(bourse_link *link, const char *bytes, size_t length) {
  bourse_decoder decoder;
  message m;
  if (length == 4 && memcmp(bytes, "pong", 4) == 0) return BOURSE_OK;
  if (bourse__okx_receive_change(link, bytes, length)) return BOURSE_OK;
  memset(&m, 0, sizeof m);
  bourse_link_decode_copy(link, &decoder, bytes, length);
  bourse_decode_object(&decoder, &message_table, &m);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  if (m.event.length > 0) return receive_event(link, &m);
  if (m.op.length > 0) {
    bourse_emit_reply(link, bourse_slice_int(m.id), 200, (bourse_slice){bytes, length});
    return BOURSE_OK;
  }
  if (m.arg.channel.length > 0 && (m.one.data.length > 0 || m.one.rows != NULL)) return receive_data(link, &m);
  return bourse_link_unknown(link, "neither a channel's message nor an answer");
}

const bourse_stream_adapter bourse__okx_stream = {
    .struct_size = sizeof(bourse_stream_adapter),
    .api_version = BOURSE_API_VERSION,
    .sockets = sockets,
    .channels = bourse__okx_channels,
    .socket_count = OKX_SOCKETS,
    .channel_count = OKX_CHANNELS,
    .choose = choose,
    .topic = set_topic,
    .login = login,
    .subscribe = subscribe,
    .ping = ping,
    .receive = receive,
};
