/* exchange/coinbase/stream.c - kinds of connections and channels; subscriptions, and the envelope of messages. */
#include "exchange/coinbase/stream.h"

#include <string.h>

#define SPOT   BOURSE_FOR_SPOT
#define LINEAR BOURSE_FOR_LINEAR
#define BOTH   (BOURSE_FOR_SPOT | BOURSE_FOR_LINEAR)

/* --- Connections and channels --- */

/* Eight messages a second of an address may come without a token: half of them for each kind of connection that has none.
 * A channel that has nothing to tell is closed after a minute or so, unless heartbeats, one a second, keep it. */
#define SOCKET(name_, host_, flags_, products_)                                                                  \
  {                                                                                                              \
    .name = name_, .host = host_, .flags = flags_, .path = "", .products = products_, .topics_max = 500,         \
    .batch_max = 50, .sends_max = 4, .sends_interval_ns = COINBASE_SECOND, .connects_max = 8,                    \
    .connects_interval_ns = COINBASE_SECOND, .ping_ns = 10 * COINBASE_SECOND, .silence_ns = 20 * COINBASE_SECOND \
  }

static const bourse_socket sockets[COINBASE_SOCKETS] = {
    [COINBASE_SOCKET_MARKET] = SOCKET("market data", COINBASE_WS, BOURSE_SOCKET_SHARES_SENDS, BOTH),
    [COINBASE_SOCKET_ACCOUNT] = SOCKET("account", COINBASE_WS_USER, BOURSE_SOCKET_PRIVATE, BOTH),
    [COINBASE_SOCKET_FEED] = SOCKET("exchange feed", COINBASE_FEED, BOURSE_SOCKET_SHARES_SENDS, SPOT),
};

/* Channels of one group are one subscription, and so are those of markets that share a book. */
enum { ALONE, TICKER, BOOK, TRADE, CANDLE, USER, FEED_TICKER, FEED_TRADE };

#define CHANNEL(operation_, products_, socket_, group_, flags_, name_)                                     \
  {                                                                                                        \
    .operation = BOURSE_OP_WATCH_##operation_, .products = products_, .socket = COINBASE_SOCKET_##socket_, \
    .group = group_, .flags = flags_, .name = name_                                                        \
  }
#define FEED(operation_, group_, name_)                                                                           \
  {                                                                                                               \
    .operation = BOURSE_OP_WATCH_##operation_, .products = SPOT, .socket = COINBASE_SOCKET_FEED, .group = group_, \
    .variant = COINBASE_FROM_EXCHANGE, .name = name_                                                              \
  }

#define OWN   BOURSE_CHANNEL_ACCOUNT
#define STATE (BOURSE_CHANNEL_ACCOUNT | BOURSE_CHANNEL_SNAPSHOT)

const bourse_channel bourse__coinbase_channels[COINBASE_CHANNELS] = {
    [COINBASE_TICKER] = CHANNEL(TICKER, BOTH, MARKET, TICKER, 0, "ticker"),
    [COINBASE_TICKERS] = CHANNEL(TICKERS, BOTH, MARKET, TICKER, 0, "ticker"),
    [COINBASE_BIDS_ASKS] = CHANNEL(BIDS_ASKS, BOTH, MARKET, TICKER, 0, "ticker"),
    [COINBASE_BOOK] = {.operation = BOURSE_OP_WATCH_ORDER_BOOK,
                       .products = BOTH,
                       .socket = COINBASE_SOCKET_MARKET,
                       .proof = BOURSE_PROOF_PREVIOUS,
                       .source = BOURSE_BOOK_FROM_CHANNEL,
                       .group = BOOK,
                       .flags = BOURSE_CHANNEL_SNAPSHOT,
                       .name = "level2"},
    [COINBASE_MARKET_TRADES] = CHANNEL(TRADES, BOTH, MARKET, TRADE, 0, "market_trades"),
    [COINBASE_CANDLES] = CHANNEL(CANDLES, BOTH, MARKET, CANDLE, BOURSE_CHANNEL_ROLLING, "candles"),
    [COINBASE_FEED_TICKER] = FEED(TICKER, FEED_TICKER, "ticker"),
    [COINBASE_FEED_TICKERS] = FEED(TICKERS, FEED_TICKER, "ticker"),
    [COINBASE_FEED_BIDS_ASKS] = FEED(BIDS_ASKS, FEED_TICKER, "ticker"),
    [COINBASE_FEED_TRADES] = FEED(TRADES, FEED_TRADE, "matches"),
    [COINBASE_ORDERS] = CHANNEL(ORDERS, BOTH, ACCOUNT, USER, OWN, "user"),
    [COINBASE_FILLS] = CHANNEL(MY_TRADES, BOTH, ACCOUNT, USER, OWN, "user"),
    [COINBASE_POSITIONS] = CHANNEL(POSITIONS, LINEAR, ACCOUNT, USER, OWN, "user"),
    [COINBASE_BALANCES] = CHANNEL(BALANCES, LINEAR, ACCOUNT, ALONE, STATE, "futures_balance_summary"),
};

static const bourse_channel *const channels = bourse__coinbase_channels;

static int32_t is_feed(const bourse_link *link) { return link->socket == &sockets[COINBASE_SOCKET_FEED]; }

/* --- Topics --- */

static const bourse_channel *choose(bourse_watch_call *call) {
  const bourse__coinbase_state *state = call->state;
  uint32_t products = bourse_watch_for(call);
  const bourse_channel *feed =
      state->exchange_feed > 0 ? bourse_find_channel(call->adapter, call->operation, products, COINBASE_FROM_EXCHANGE)
                               : NULL;
  return feed != NULL ? feed : bourse_find_channel(call->adapter, call->operation, products, COINBASE_FROM_ADVANCED);
}

/* What topics of markets that share another's book are told apart by. */
#define SHARED "shared"

static int32_t set_topic(bourse_watch_call *call, bourse_topic *topic) {
  const bourse_channel *channel = topic->channel;
  if (call->market != NULL && (channel->flags & BOURSE_CHANNEL_ACCOUNT) == 0 &&
      call->market->product == BOURSE_PRODUCT_SPOT && call->market->pair != NULL) {
    topic->id = call->market->pair;
    topic->qualifier = SHARED;
  }
  if (channel != &channels[COINBASE_CANDLES]) return BOURSE_OK;
  if (call->request->price_kind != 0 && call->request->price_kind != BOURSE_PRICE_LAST)
    return bourse_watch_fail(call, BOURSE_ERROR_UNSUPPORTED, "price_kind",
                             "Coinbase has candles of the last price only");
  if (strcmp(call->request->timeframe, "5m") != 0)
    return bourse_watch_fail(call, BOURSE_ERROR_ARGUMENT, "timeframe",
                             "timeframe is \"%s\"; Coinbase streams candles of 5m only", call->request->timeframe);
  return BOURSE_OK;
}

bourse_topic *bourse__coinbase_topic(bourse_link *link, uint32_t channel, bourse_slice id, uint32_t *step) {
  bourse_topic *topic = NULL;
  while (topic == NULL && *step < (link->lenient ? 1u : 2u)) {
    topic = bourse_link_topic(link, &channels[channel], id, bourse_slice_of(*step == 0 ? "" : SHARED));
    ++*step;
  }
  return topic;
}

/* --- Subscriptions --- */

/* scratch of a link: the number that the next message must have, 0 at first; the one that would follow an old message; the
 * last message of ours; whether heartbeats are there. */
enum { NEXT_NUMBER, AFTER_OLD, LAST_SENT, GREETED };

static int32_t put_token(bourse_link *link, bourse_text *message) {
  if ((link->socket->flags & BOURSE_SOCKET_PRIVATE) == 0) return BOURSE_OK;
  bourse_text_string(message, ",\"jwt\":\"");
  int32_t code = bourse_link_jwt(link, "cdp", 120, message);
  bourse_text_char(message, '"');
  return code;
}

static int32_t subscribe(bourse_link *link, int32_t on, const bourse_topic *const *topics, uint32_t count, int64_t id,
                         bourse_text *message) {
  const char *separator = ",\"product_ids\":[";
  if (on) link->scratch[LAST_SENT] = id;
  if (is_feed(link)) return bourse__coinbase_feed_subscribe(on, topics, count, message);
  bourse_text_string(message,
                     on ? "{\"type\":\"subscribe\",\"channel\":\"" : "{\"type\":\"unsubscribe\",\"channel\":\"");
  bourse_text_string(message, topics[0]->channel->name);
  bourse_text_char(message, '"');
  for (uint32_t i = 0; i < count && topics[i]->id[0] != '\0'; i++) {
    bourse_text_string(message, separator);
    bourse_text_json(message, topics[i]->id, strlen(topics[i]->id));
    separator = ",";
  }
  if (separator[1] == '\0') bourse_text_char(message, ']');
  int32_t code = put_token(link, message);
  bourse_text_char(message, '}');
  return code != BOURSE_OK ? code : bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* Heartbeats first: a connection that subscribes to nothing within five seconds is closed. */
static int32_t login(bourse_link *link, bourse_text *message) {
  if (is_feed(link)) return BOURSE_OK;
  bourse_text_string(message, "{\"type\":\"subscribe\",\"channel\":\"heartbeats\"");
  int32_t code = put_token(link, message);
  bourse_text_char(message, '}');
  return code != BOURSE_OK ? code : bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

static void greet(bourse_link *link) {
  if (link->scratch[GREETED]++ == 0) bourse_emit_login(link, BOURSE_OK, bourse_slice_of(""), bourse_slice_of(""));
}

/* --- Messages --- */

void *bourse__coinbase_add_row(bourse_decoder *decoder, bourse__coinbase_list *rows) {
  if (rows->count == rows->capacity) {
    uint32_t capacity = rows->capacity == 0 ? 2 : rows->capacity * 4;
    char *items = bourse_arena_alloc(decoder->arena, (size_t)capacity * rows->size);
    if (items == NULL) {
      bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "events", "memory is out");
      return NULL;
    }
    if (rows->count > 0) memcpy(items, rows->items, (size_t)rows->count * rows->size);
    rows->items = items;
    rows->capacity = capacity;
  }
  return rows->items + (size_t)rows->count++ * rows->size;
}

static const bourse_name channel_names[] = {{"l2_data", IS_BOOK},
                                            {"market_trades", IS_TRADES},
                                            {"ticker", IS_TICKER},
                                            {"ticker_batch", IS_TICKER},
                                            {"heartbeats", IS_NOT_OURS},
                                            {"candles", IS_CANDLES},
                                            {"user", IS_USER},
                                            {"futures_balance_summary", IS_FUTURES_BALANCE},
                                            {"subscriptions", IS_SUBSCRIPTIONS},
                                            {"status", IS_NOT_OURS},
                                            {NULL, 0}};

typedef struct message {
  bourse_slice channel;
  bourse_slice events; /* left for later: they stood before the channel's name */
  bourse_slice subscriptions;
  bourse_slice type;
  bourse_slice text;
  bourse__coinbase_list rows;
  bourse__coinbase_user user;
  int64_t time_ns;
  int64_t number; /* -1: none */
  int32_t kind;   /* IS_*; 0: not told yet, or unknown */
  int32_t reserved;
} message;

typedef struct subscription {
  bourse_slice map;
} subscription;

static const bourse_field subscription_fields[] = {BOURSE_FIELD("subscriptions", RAW, subscription, map)};
static const bourse_table subscription_table = BOURSE_TABLE(subscription_fields);

static int32_t read_subscriptions(bourse_decoder *decoder, message *m) {
  int32_t code = bourse_decode_array_begin(decoder, "events");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    subscription one = {{NULL, 0}};
    code = bourse_decode_object(decoder, &subscription_table, &one);
    if (one.map.data != NULL) m->subscriptions = one.map;
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static int32_t read_rows(bourse_decoder *decoder, message *m) {
  switch (m->kind) {
    case IS_SUBSCRIPTIONS: return read_subscriptions(decoder, m);
    case IS_USER:
    case IS_FUTURES_BALANCE: return bourse__coinbase_read_user(decoder, &m->user);
    case IS_TICKER:
    case IS_BOOK:
    case IS_TRADES:
    case IS_CANDLES: return bourse__coinbase_read_events(decoder, m->kind, &m->rows);
    default: bourse_json_skip(&decoder->json); return BOURSE_OK;
  }
}

static int32_t read_events(bourse_decoder *decoder, void *member) {
  message *m = (message *)(void *)((char *)member - offsetof(message, events));
  if (m->channel.data == NULL) return bourse_decode_value(decoder, BOURSE_AS_RAW, NULL, "events", &m->events);
  m->kind = bourse_name_value(channel_names, m->channel);
  return read_rows(decoder, m);
}

static const bourse_field message_fields[] = {
    BOURSE_FIELD("channel", SLICE, message, channel),
    BOURSE_FIELD("client_id", CHECK, message, channel),
    BOURSE_FIELD("timestamp", TIME_ISO, message, time_ns),
    BOURSE_FIELD("sequence_num", INT64, message, number),
    BOURSE_FIELD_CUSTOM("events", message, events, read_events),
    BOURSE_FIELD("type", SLICE, message, type),
    BOURSE_FIELD("message", SLICE, message, text),
};
static const bourse_table message_table = BOURSE_TABLE(message_fields);

/* --- Numbers --- */

/* 1 when the message is to be read: not one that came before. Where one such follows another, numbers began again. */
static int32_t take_number(bourse_link *link, int64_t number) {
  int64_t expected = link->scratch[NEXT_NUMBER], again = number > 0 && number == link->scratch[AFTER_OLD];
  if (number < 0) return 1;
  link->scratch[AFTER_OLD] = number < expected && !again ? number + 1 : 0;
  if (number < expected && !again) return 0;
  if (expected != 0 && number != expected) bourse_emit_missed(link, expected, number);
  link->scratch[NEXT_NUMBER] = number + 1;
  return 1;
}

/* --- Answers: everything that is subscribed now, by channel --- */

static void acknowledge(bourse_link *link, bourse_slice name, bourse_slice id) {
  for (uint32_t c = 0; c < COINBASE_CHANNELS; c++) {
    uint32_t step = 0;
    if (&sockets[channels[c].socket] != link->socket || !bourse_slice_is(name, channels[c].name)) continue;
    bourse_slice key = (channels[c].flags & BOURSE_CHANNEL_ACCOUNT) != 0 ? bourse_slice_of("") : id;
    for (bourse_topic *topic; (topic = bourse__coinbase_topic(link, c, key, &step)) != NULL;) {
      bourse_ack ack = {.topic = topic};
      bourse_emit_ack(link, &ack);
    }
  }
}

static int32_t answer(bourse_link *link, bourse_slice map) {
  bourse_decoder decoder;
  bourse_slice name, id;
  if (map.data == NULL || link->lenient) return BOURSE_OK;
  bourse_link_decode(link, &decoder, map.data, map.length);
  bourse_json *json = &decoder.json;
  if (bourse_json_object_begin(json))
    while (decoder.error == BOURSE_OK && bourse_json_object_next(json, &name)) {
      if (bourse_slice_is(name, "heartbeats")) greet(link);
      int32_t code = bourse_decode_array_begin(&decoder, "subscriptions");
      while (code == BOURSE_OK && bourse_decode_array_next(&decoder)) {
        code = bourse_decode_text(&decoder, &id);
        if (code == BOURSE_OK) acknowledge(link, name, id);
      }
    }
  return bourse_link_decoded(link, &decoder);
}

/* A refusal names nothing: it is taken for that of the message sent last. */
static void refuse(bourse_link *link, bourse_slice text) {
  int32_t auth = bourse_slice_contains(text, "auth") || bourse_slice_contains(text, "jwt") ||
                 bourse_slice_contains(text, "token") || bourse_slice_contains(text, "signature");
  int32_t code = auth                                        ? BOURSE_ERROR_AUTH
                 : bourse_slice_contains(text, "rate limit") ? BOURSE_ERROR_RATE_LIMITED
                 : bourse_slice_contains(text, "product")    ? BOURSE_ERROR_BAD_SYMBOL
                                                             : BOURSE_ERROR_BAD_REQUEST;
  bourse_slice none = bourse_slice_of("");
  if (link->scratch[GREETED] == 0 && !is_feed(link)) {
    bourse_emit_login(link, code, none, text);
  } else if (link->scratch[LAST_SENT] != 0) {
    bourse_ack ack = {.id = link->scratch[LAST_SENT], .code = code, .exchange_message = text};
    bourse_emit_ack(link, &ack);
    link->scratch[LAST_SENT] = 0;
  } else {
    bourse_emit_error(link, code, none, text);
  }
}

static int32_t hand_on(bourse_link *link, message *m) {
  if (!take_number(link, m->number)) return BOURSE_OK;
  switch (m->kind) {
    case IS_SUBSCRIPTIONS: return answer(link, m->subscriptions);
    case IS_USER:
    case IS_FUTURES_BALANCE: bourse__coinbase_emit_user(link, &m->user, m->time_ns); break;
    case IS_NOT_OURS:
      if (bourse_slice_is(m->channel, "heartbeats")) greet(link);
      break;
    case 0: return bourse_link_unknown(link, "a channel that we do not know");
    default: bourse__coinbase_emit_events(link, m->kind, &m->rows, m->time_ns, m->number); break;
  }
  return BOURSE_OK;
}

static int32_t receive(bourse_link *link, const char *bytes, size_t length) {
  bourse_decoder decoder;
  message m;
  if (is_feed(link)) return bourse__coinbase_feed_receive(link, bytes, length);
  memset(&m, 0, sizeof m);
  m.number = -1;
  bourse_link_decode_copy(link, &decoder, bytes, length);
  bourse_decode_object(&decoder, &message_table, &m);
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  if (m.channel.data == NULL) {
    if (!bourse_slice_is(m.type, "error")) return bourse_link_unknown(link, "neither a channel's message nor an error");
    refuse(link, m.text);
    return BOURSE_OK;
  }
  if (m.kind == 0) m.kind = bourse_name_value(channel_names, m.channel);
  if (m.events.data != NULL) {
    bourse_decoder later;
    bourse_link_decode(link, &later, m.events.data, m.events.length);
    read_rows(&later, &m);
    code = bourse_link_decoded(link, &later);
    if (code != BOURSE_OK) return code;
  }
  return hand_on(link, &m);
}

const bourse_stream_adapter bourse__coinbase_stream = {
    .struct_size = sizeof(bourse_stream_adapter),
    .api_version = BOURSE_API_VERSION,
    .sockets = sockets,
    .channels = bourse__coinbase_channels,
    .socket_count = COINBASE_SOCKETS,
    .channel_count = COINBASE_CHANNELS,
    .choose = choose,
    .topic = set_topic,
    .login = login,
    .subscribe = subscribe,
    .receive = receive,
};
