/* exchange/kraken/futures_stream.c - the futures' WebSocket v1: challenge, subscriptions, public and private feeds.
 *
 * Messages are told apart by "feed" or "event", which mostly comes first. Markets are named by their ids; PI and FI are
 * inverse and count in contracts, PF and FF are linear and count in base units, which are their contracts. */
#include <string.h>

#include "exchange/kraken/stream.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

static const bourse_channel *const channels = bourse__kraken_channels;

/* --- Login and subscriptions --- */

typedef struct proof {
  char challenge[128];
  char answer[128]; /* base64 of 64 bytes */
} proof;
_Static_assert(sizeof(proof) <= sizeof((bourse_link *)NULL)->memory, "the link has room for it");

static proof *proof_of(bourse_link *link) { return (proof *)(void *)link->memory; }

static int32_t is_private(const bourse_link *link) { return (link->socket->flags & BOURSE_SOCKET_PRIVATE) != 0; }

static void put_name(bourse_text *message, const char *name, const char *text) {
  bourse_text_string(message, name);
  bourse_text_json(message, text, strlen(text));
}

int32_t bourse__kraken_futures_login(bourse_link *link, bourse_text *message) {
  if (!is_private(link)) return BOURSE_OK;
  put_name(message, "{\"event\":\"challenge\",\"api_key\":", link->api_key);
  bourse_text_char(message, '}');
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* The challenge is answered with HMAC-SHA512 of its SHA-256. Source: Derivatives WebSocket, "Sign challenge". */
static int32_t answer_challenge(bourse_link *link, bourse_slice challenge) {
  proof *proven = proof_of(link);
  uint8_t digest[32], signature[BOURSE_SIGNATURE_SIZE_MAX];
  size_t length = 0;
  bourse_text text;
  if (challenge.length == 0 || challenge.length >= sizeof proven->challenge) return BOURSE_ERROR_AUTH;
  bourse_sha256(digest, challenge.data, challenge.length);
  int32_t code =
      bourse_sign(link->signer, BOURSE_SIGN_HMAC_SHA512, digest, sizeof digest, signature, sizeof signature, &length);
  if (code != BOURSE_OK) return code;
  bourse_text_init(&text, link->arena);
  bourse_text_base64(&text, signature, length);
  if (bourse_text_finish(&text) == NULL) return BOURSE_ERROR_MEMORY;
  if (text.length >= sizeof proven->answer) return BOURSE_ERROR_CRYPTO;
  memcpy(proven->answer, text.data, text.length + 1);
  memcpy(proven->challenge, challenge.data, challenge.length);
  proven->challenge[challenge.length] = '\0';
  return BOURSE_OK;
}

int32_t bourse__kraken_futures_subscribe(bourse_link *link, int32_t on, const bourse_topic *const *topics,
                                         uint32_t count, bourse_text *message) {
  bourse_text_string(message, on ? "{\"event\":\"subscribe\"" : "{\"event\":\"unsubscribe\"");
  put_name(message, ",\"feed\":", topics[0]->channel->name);
  if (is_private(link)) {
    put_name(message, ",\"api_key\":", link->api_key);
    put_name(message, ",\"original_challenge\":", proof_of(link)->challenge);
    put_name(message, ",\"signed_challenge\":", proof_of(link)->answer);
  } else {
    bourse_text_string(message, ",\"product_ids\":[");
    for (uint32_t i = 0; i < count; i++) put_name(message, i == 0 ? "" : ",", topics[i]->id);
    bourse_text_char(message, ']');
  }
  bourse_text_char(message, '}');
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* --- Markets --- */

/* Ids are written in capitals, but not everywhere. */
bourse_slice bourse__kraken_futures_id(bourse_link *link, bourse_slice id) {
  size_t i = 0;
  if (id.length == 0 || id.data[0] < 'a' || id.data[0] > 'z') return id;
  char *copy = bourse_arena_copy(link->arena, id.data, id.length);
  if (copy == NULL) return id;
  for (; i < id.length; i++)
    if (copy[i] >= 'a' && copy[i] <= 'z') copy[i] = (char)(copy[i] - 'a' + 'A');
  return (bourse_slice){copy, id.length};
}

int32_t bourse__kraken_is_inverse(bourse_slice id) { return id.length > 1 && (id.data[1] == 'I' || id.data[1] == 'i'); }

static const bourse_market *market_of(bourse_link *link, bourse_slice id) {
  return bourse_link_market(link, bourse__kraken_is_inverse(id) ? BOURSE_PRODUCT_INVERSE : BOURSE_PRODUCT_LINEAR, id);
}

/* Unified symbol and id into a record; the id as it came where it is not listed. */
const bourse_market *bourse__kraken_futures_name(bourse_link *link, bourse_slice id, const char **symbol,
                                                 const char **market_id) {
  const bourse_market *market = market_of(link, id);
  *symbol = market == NULL ? NULL : market->symbol;
  *market_id = market == NULL ? bourse_arena_copy(link->arena, id.data, id.length) : market->id;
  return market;
}

/* What a number of contracts is worth in quote units, where it follows exactly. */
void bourse__kraken_futures_cost(bourse_decimal *cost, const bourse_market *market, int32_t inverse,
                                 const bourse_decimal *contracts, const bourse_decimal *price) {
  if (!inverse)
    bourse_decimal_mul(cost, contracts, price);
  else if (market != NULL)
    bourse_decimal_mul(cost, contracts, &market->contract_size);
}

static const bourse_name sides[] = {{"buy", BOURSE_SIDE_BUY}, {"sell", BOURSE_SIDE_SELL}, {NULL, 0}};

/* --- Tickers --- */

typedef struct ticker_message {
  bourse_ticker ticker;
  bourse_slice feed;
  bourse_slice id;
  bourse_decimal volume;
} ticker_message;

static const bourse_field ticker_fields[] = {
    BOURSE_FIELD("time", TIME_MS, ticker_message, ticker.time_ns),
    BOURSE_FIELD_MUST("product_id", SLICE, ticker_message, id),
    BOURSE_FIELD("funding_rate", CHECK, ticker_message, ticker),
    BOURSE_FIELD("funding_rate_prediction", CHECK, ticker_message, ticker),
    BOURSE_FIELD("relative_funding_rate", CHECK, ticker_message, ticker),
    BOURSE_FIELD("relative_funding_rate_prediction", CHECK, ticker_message, ticker),
    BOURSE_FIELD("next_funding_rate_time", CHECK, ticker_message, ticker),
    BOURSE_FIELD("feed", SLICE, ticker_message, feed),
    BOURSE_FIELD("bid", DECIMAL, ticker_message, ticker.bid),
    BOURSE_FIELD("ask", DECIMAL, ticker_message, ticker.ask),
    BOURSE_FIELD("bid_size", DECIMAL, ticker_message, ticker.bid_amount),
    BOURSE_FIELD("ask_size", DECIMAL, ticker_message, ticker.ask_amount),
    BOURSE_FIELD("volume", DECIMAL, ticker_message, volume),
    BOURSE_FIELD("dtm", CHECK, ticker_message, ticker),
    BOURSE_FIELD("leverage", CHECK, ticker_message, ticker),
    BOURSE_FIELD("index", DECIMAL, ticker_message, ticker.index_price),
    BOURSE_FIELD("premium", CHECK, ticker_message, ticker),
    BOURSE_FIELD("last", DECIMAL, ticker_message, ticker.last),
    BOURSE_FIELD("change", DECIMAL, ticker_message, ticker.percent),
    BOURSE_FIELD("suspended", CHECK, ticker_message, ticker),
    BOURSE_FIELD("tag", CHECK, ticker_message, ticker),
    BOURSE_FIELD("pair", CHECK, ticker_message, ticker),
    BOURSE_FIELD("openInterest", DECIMAL, ticker_message, ticker.open_interest),
    BOURSE_FIELD("markPrice", DECIMAL, ticker_message, ticker.mark_price),
    BOURSE_FIELD("maturityTime", CHECK, ticker_message, ticker),
    BOURSE_FIELD("post_only", CHECK, ticker_message, ticker),
    BOURSE_FIELD("volumeQuote", DECIMAL, ticker_message, ticker.quote_volume),
    BOURSE_FIELD("open", DECIMAL, ticker_message, ticker.open),
    BOURSE_FIELD("high", DECIMAL, ticker_message, ticker.high),
    BOURSE_FIELD("low", DECIMAL, ticker_message, ticker.low),
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);

static int32_t emit_ticker(bourse_link *link, ticker_message *m) {
  bourse_slice id = bourse__kraken_futures_id(link, m->id), none = bourse__kraken_no_slice();
  int32_t named = 0;
  for (uint32_t c = KRAKEN_FUTURES_TICKER; c <= KRAKEN_FUTURES_MARK_PRICE; c++) {
    /* A replay knows tickers, and mark prices where there are any. */
    if (link->lenient && c != KRAKEN_FUTURES_TICKER &&
        (c != KRAKEN_FUTURES_MARK_PRICE || !PRESENT(m->ticker.mark_price)))
      continue;
    bourse_topic *topic = bourse_link_topic(link, &channels[c], id, none);
    if (topic == NULL) continue;
    if (!named) bourse__kraken_futures_name(link, id, &m->ticker.symbol, &m->ticker.id);
    named = 1;
    m->ticker.contracts_volume = m->volume;
    if (!bourse__kraken_is_inverse(id)) m->ticker.base_volume = m->volume;
    bourse_emit(link, topic, BOURSE_KIND_TICKER, &m->ticker, 1, m->ticker.time_ns, 0);
  }
  return BOURSE_OK;
}

static int32_t receive_ticker(bourse_link *link, bourse_decoder *decoder) {
  ticker_message m;
  memset(&m, 0, sizeof m);
  bourse_decode_object(decoder, &ticker_table, &m);
  int32_t code = bourse_link_decoded(link, decoder);
  return code == BOURSE_OK ? emit_ticker(link, &m) : code;
}

/* Tickers say late what they are: what begins like one is read as one, which shows whether it is. 0: it is something else,
 * or malformed. */
static int32_t is_ticker(bourse_link *link, const char *bytes, size_t length) {
  static const char first[] = "{\"time\":";
  ticker_message m;
  bourse_decoder decoder;
  if (length < sizeof first || memcmp(bytes, first, sizeof first - 1) != 0) return 0;
  memset(&m, 0, sizeof m);
  bourse_link_decode_copy(link, &decoder, bytes, length);
  bourse_decode_object(&decoder, &ticker_table, &m);
  if (bourse_decode_finish(&decoder) != BOURSE_OK || m.feed.data == NULL || !bourse_slice_is(m.feed, "ticker"))
    return 0;
  emit_ticker(link, &m);
  return 1;
}

/* --- Books --- */

typedef struct book_message {
  bourse_slice id;
  int32_t side;
  int32_t reserved;
  int64_t sequence;
  bourse_level level;
  int64_t time_ns;
  bourse__kraken_side bids;
  bourse__kraken_side asks;
  bourse_slice word; /* the side's, in short */
} book_message;

static const bourse_field book_fields[] = {
    BOURSE_FIELD("feed", CHECK, book_message, id),
    BOURSE_FIELD_MUST("product_id", SLICE, book_message, id),
    BOURSE_FIELD_ENUM("side", book_message, side, sides),
    BOURSE_FIELD_MUST("seq", INT64, book_message, sequence),
    BOURSE_FIELD_MUST("price", DECIMAL, book_message, level.price),
    BOURSE_FIELD_MUST("qty", DECIMAL, book_message, level.amount),
    BOURSE_FIELD("timestamp", TIME_MS, book_message, time_ns),
};
static const bourse_table book_table = BOURSE_TABLE(book_fields);

static const bourse_field snapshot_fields[] = {
    BOURSE_FIELD("feed", CHECK, book_message, id),
    BOURSE_FIELD_MUST("product_id", SLICE, book_message, id),
    BOURSE_FIELD("timestamp", TIME_MS, book_message, time_ns),
    BOURSE_FIELD_MUST("seq", INT64, book_message, sequence),
    BOURSE_FIELD("tickSize", CHECK, book_message, id),
    BOURSE_FIELD_CUSTOM("bids", book_message, bids, bourse__kraken_read_side),
    BOURSE_FIELD_CUSTOM("asks", book_message, asks, bourse__kraken_read_side),
};
static const bourse_table snapshot_table = BOURSE_TABLE(snapshot_fields);

/* A change as it mostly comes. */
static const bourse_piece change_pieces[] = {
    BOURSE_PIECE("{\"feed\":\"book\",\"product_id\":", SLICE, book_message, id),
    BOURSE_PIECE(",\"side\":", SLICE, book_message, word),
    BOURSE_PIECE(",\"seq\":", INT64, book_message, sequence),
    BOURSE_PIECE(",\"price\":", DECIMAL, book_message, level.price),
    BOURSE_PIECE(",\"qty\":", DECIMAL, book_message, level.amount),
    BOURSE_PIECE(",\"timestamp\":", TIME_MS, book_message, time_ns),
};
static const bourse_form change_form = BOURSE_FORM(change_pieces);

static int32_t emit_book(bourse_link *link, const book_message *m, const bourse_book_update *update) {
  bourse_topic *topic = bourse_link_topic(link, &channels[KRAKEN_FUTURES_BOOK], bourse__kraken_futures_id(link, m->id),
                                          bourse__kraken_no_slice());
  if (topic != NULL) bourse_emit_book(link, topic, update);
  return BOURSE_OK;
}

static int32_t emit_change(bourse_link *link, const book_message *m) {
  const int32_t buy = m->side == BOURSE_SIDE_BUY;
  const bourse_book_update update = {.bid_count = (uint32_t)buy,
                                     .ask_count = (uint32_t)!buy,
                                     .time_ns = m->time_ns,
                                     .first = m->sequence,
                                     .last = m->sequence,
                                     .previous = BOURSE_NO_SEQUENCE,
                                     .bids = &m->level,
                                     .asks = &m->level};
  return emit_book(link, m, &update);
}

static int32_t receive_book(bourse_link *link, bourse_decoder *decoder, int32_t snapshot) {
  book_message m;
  memset(&m, 0, sizeof m);
  bourse_decode_object(decoder, snapshot ? &snapshot_table : &book_table, &m);
  int32_t code = bourse_link_decoded(link, decoder);
  if (code != BOURSE_OK) return code;
  if (!snapshot && m.side == 0) return bourse_link_unknown(link, "side: neither buy nor sell");
  if (!snapshot) return emit_change(link, &m);
  const bourse_book_update update = {.snapshot = BOURSE_YES,
                                     .bid_count = m.bids.count,
                                     .ask_count = m.asks.count,
                                     .time_ns = m.time_ns,
                                     .first = m.sequence,
                                     .last = m.sequence,
                                     .previous = BOURSE_NO_SEQUENCE,
                                     .bids = m.bids.levels,
                                     .asks = m.asks.levels};
  return emit_book(link, &m, &update);
}

/* 0: it is something else, or not in the usual form. */
static int32_t is_change(bourse_link *link, const char *bytes, size_t length) {
  book_message m;
  bourse_decoder decoder;
  bourse_link_decode(link, &decoder, bytes, length);
  if (!bourse_decode_form(&decoder, &change_form, &m)) return 0;
  if (m.word.length == 3 && memcmp(m.word.data, "buy", 3) == 0)
    m.side = BOURSE_SIDE_BUY;
  else if (m.word.length == 4 && memcmp(m.word.data, "sell", 4) == 0)
    m.side = BOURSE_SIDE_SELL;
  else
    return 0;
  emit_change(link, &m);
  return 1;
}

/* --- Trades --- */

typedef struct trade_row {
  bourse_trade trade;
  bourse_slice id;
  bourse_slice type;
} trade_row;

static const bourse_field trade_fields[] = {
    BOURSE_FIELD("feed", CHECK, trade_row, trade),
    BOURSE_FIELD("product_id", SLICE, trade_row, id),
    BOURSE_FIELD_MUST("uid", STRING, trade_row, trade.id),
    BOURSE_FIELD_ENUM("side", trade_row, trade.side, sides),
    BOURSE_FIELD("type", SLICE, trade_row, type),
    BOURSE_FIELD("seq", CHECK, trade_row, trade),
    BOURSE_FIELD_MUST("time", TIME_MS, trade_row, trade.time_ns),
    BOURSE_FIELD_MUST("qty", DECIMAL, trade_row, trade.amount),
    BOURSE_FIELD_MUST("price", DECIMAL, trade_row, trade.price),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

typedef struct trades_message {
  bourse_slice id;
  bourse__kraken_list rows;
} trades_message;

static int32_t read_trades(bourse_decoder *decoder, void *member) {
  bourse__kraken_list *rows = member;
  rows->size = sizeof(trade_row);
  int32_t code = bourse_decode_array_begin(decoder, "trades");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    void *row = bourse__kraken_add_row(decoder, rows);
    if (row == NULL) return BOURSE_ERROR_MEMORY;
    code = bourse_decode_object(decoder, &trade_table, row);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field trades_fields[] = {
    BOURSE_FIELD("feed", CHECK, trades_message, id),
    BOURSE_FIELD_MUST("product_id", SLICE, trades_message, id),
    BOURSE_FIELD_CUSTOM("trades", trades_message, rows, read_trades),
};
static const bourse_table trades_table = BOURSE_TABLE(trades_fields);

/* All of them to those who watch trades, some to those who watch liquidations. Lists come with the newest first. */
static int32_t emit_trades(bourse_link *link, bourse_slice id, trade_row *rows, uint32_t count, uint32_t flags) {
  bourse_slice none = bourse__kraken_no_slice();
  const char *symbol, *market_id;
  bourse_trade *trades = bourse_arena_alloc(link->arena, (size_t)count * sizeof *trades);
  if (trades == NULL) return bourse_link_unknown(link, "memory is out");
  const bourse_market *market = bourse__kraken_futures_name(link, id, &symbol, &market_id);
  int32_t backwards = rows[0].trade.time_ns > rows[count - 1].trade.time_ns;
  for (int32_t liquidations = 0; liquidations <= 1; liquidations++) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
      trade_row *row = &rows[backwards ? count - 1 - i : i];
      if (liquidations && !bourse_slice_is(row->type, "liquidation")) continue;
      bourse_trade *trade = &trades[kept++];
      *trade = row->trade;
      trade->symbol = symbol;
      trade->contracts = trade->amount;
      bourse__kraken_futures_cost(&trade->cost, market, bourse__kraken_is_inverse(id), &trade->contracts,
                                  &trade->price);
    }
    if (kept == 0) break;
    const bourse_channel *channel = &channels[liquidations ? KRAKEN_FUTURES_LIQUIDATIONS : KRAKEN_FUTURES_TRADES];
    bourse_topic *topic = bourse_link_topic(link, channel, id, none);
    if (topic != NULL) bourse_emit(link, topic, BOURSE_KIND_TRADE, trades, kept, trades[kept - 1].time_ns, flags);
  }
  return BOURSE_OK;
}

static int32_t receive_trade(bourse_link *link, bourse_decoder *decoder) {
  trade_row row;
  memset(&row, 0, sizeof row);
  bourse_decode_object(decoder, &trade_table, &row);
  int32_t code = bourse_link_decoded(link, decoder);
  if (code != BOURSE_OK) return code;
  if (row.id.data == NULL) return bourse_link_unknown(link, "product_id: required, but missing");
  return emit_trades(link, bourse__kraken_futures_id(link, row.id), &row, 1, 0);
}

static int32_t receive_trades(bourse_link *link, bourse_decoder *decoder) {
  trades_message m;
  memset(&m, 0, sizeof m);
  bourse_decode_object(decoder, &trades_table, &m);
  int32_t code = bourse_link_decoded(link, decoder);
  if (code != BOURSE_OK) return code;
  if (m.rows.count == 0) return BOURSE_OK;
  return emit_trades(link, bourse__kraken_futures_id(link, m.id), (trade_row *)(void *)m.rows.items, m.rows.count,
                     BOURSE_STREAM_SNAPSHOT);
}

/* --- Events --- */

typedef struct event_message {
  bourse_slice event;
  bourse_slice feed;
  bourse_slice message;
  bourse_slice products;
} event_message;

static const bourse_field event_fields[] = {
    BOURSE_FIELD_MUST("event", SLICE, event_message, event),
    BOURSE_FIELD("feed", SLICE, event_message, feed),
    BOURSE_FIELD("message", SLICE, event_message, message),
    BOURSE_FIELD("product_ids", RAW, event_message, products),
};
static const bourse_table event_table = BOURSE_TABLE(event_fields);

enum {
  IS_PASSED = 1,
  IS_CHALLENGE,
  IS_SUBSCRIBED,
  IS_UNSUBSCRIBED,
  IS_NOT_SUBSCRIBED,
  IS_NOT_UNSUBSCRIBED,
  IS_REFUSAL
};

static const bourse_name events[] = {{"info", IS_PASSED},
                                     {"pong", IS_PASSED},
                                     {"challenge", IS_CHALLENGE},
                                     {"subscribed", IS_SUBSCRIBED},
                                     {"unsubscribed", IS_UNSUBSCRIBED},
                                     {"subscribed_failed", IS_NOT_SUBSCRIBED},
                                     {"unsubscribed_failed", IS_NOT_UNSUBSCRIBED},
                                     {"error", IS_REFUSAL},
                                     {"alert", IS_REFUSAL},
                                     {NULL, 0}};

static const struct {
  const char *text;
  int32_t error;
} refusals[] = {
    {"Invalid product id", BOURSE_ERROR_BAD_SYMBOL},
    {"Rate limit", BOURSE_ERROR_RATE_LIMITED},
    {"Too many", BOURSE_ERROR_RATE_LIMITED},
    {"Invalid feed", BOURSE_ERROR_BAD_REQUEST},
    {"Json Error", BOURSE_ERROR_BAD_REQUEST},
    {"Bad websocket message", BOURSE_ERROR_BAD_REQUEST},
    {"Invalid challenge", BOURSE_ERROR_AUTH},
    {"Challenge", BOURSE_ERROR_AUTH},
    {"Signature", BOURSE_ERROR_AUTH},
    {"Invalid signature", BOURSE_ERROR_AUTH},
    {"Invalid api", BOURSE_ERROR_AUTH},
    {"Api key", BOURSE_ERROR_AUTH},
    {"authenticationError", BOURSE_ERROR_AUTH},
};

static int32_t refusal_of(bourse_slice text) {
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
    if (bourse_slice_begins(text, refusals[i].text)) return refusals[i].error;
  return BOURSE_ERROR_REFUSED;
}

/* The topic of a feed, among the channels that bring the same messages; NULL: nobody watches it. */
static const bourse_topic *topic_of(bourse_link *link, bourse_slice feed, bourse_slice id) {
  for (uint32_t c = KRAKEN_FUTURES_TICKER; c < KRAKEN_CHANNELS; c++) {
    if (!bourse_slice_is(feed, channels[c].name)) continue;
    const bourse_topic *topic = bourse_link_topic(link, &channels[c], id, bourse__kraken_no_slice());
    if (topic != NULL) return topic;
  }
  return NULL;
}

static void acknowledge(bourse_link *link, const event_message *m, bourse_slice id, int32_t code, int32_t off) {
  bourse_ack ack = {.topic = topic_of(link, m->feed, bourse__kraken_futures_id(link, id)), .code = code, .off = off};
  if (code != BOURSE_OK) ack.exchange_code = ack.exchange_message = m->message;
  if (ack.topic != NULL) bourse_emit_ack(link, &ack);
}

static int32_t answer_subscription(bourse_link *link, const event_message *m, int32_t code, int32_t off) {
  bourse_decoder decoder;
  bourse_slice id;
  if (link->lenient) return BOURSE_OK; /* nothing waits for it */
  if (m->products.data == NULL) {
    acknowledge(link, m, bourse__kraken_no_slice(), code, off);
    return BOURSE_OK;
  }
  bourse_link_decode(link, &decoder, m->products.data, m->products.length);
  int32_t read = bourse_decode_array_begin(&decoder, "product_ids");
  while (read == BOURSE_OK && bourse_decode_array_next(&decoder)) {
    read = bourse_decode_text(&decoder, &id);
    if (read == BOURSE_OK) acknowledge(link, m, id, code, off);
  }
  return bourse_link_decoded(link, &decoder);
}

static void refuse(bourse_link *link, const event_message *m) {
  int32_t code = refusal_of(m->message);
  if (is_private(link) && proof_of(link)->answer[0] == '\0') bourse_emit_login(link, code, m->message, m->message);
  bourse_emit_error(link, code, m->message, m->message);
}

static int32_t receive_event(bourse_link *link, bourse_decoder *decoder) {
  event_message m;
  memset(&m, 0, sizeof m);
  bourse_decode_object(decoder, &event_table, &m);
  int32_t code = bourse_link_decoded(link, decoder);
  if (code != BOURSE_OK) return code;
  if (m.message.data == NULL) m.message = bourse__kraken_no_slice();
  switch (bourse_name_value(events, m.event)) {
    case IS_PASSED: return BOURSE_OK;
    case IS_CHALLENGE:
      if (!is_private(link) || link->signer == NULL) return BOURSE_OK;
      code = answer_challenge(link, m.message);
      bourse_emit_login(link, code, bourse__kraken_no_slice(), m.message);
      return BOURSE_OK;
    case IS_SUBSCRIBED: return answer_subscription(link, &m, BOURSE_OK, 0);
    case IS_UNSUBSCRIBED: return answer_subscription(link, &m, BOURSE_OK, 1);
    case IS_NOT_SUBSCRIBED:
      if (m.feed.data == NULL) break;
      return answer_subscription(link, &m, refusal_of(m.message), 0);
    case IS_NOT_UNSUBSCRIBED: return answer_subscription(link, &m, refusal_of(m.message), 1);
    case IS_REFUSAL: break;
    default: return bourse_link_unknown(link, "an event that we do not know");
  }
  refuse(link, &m);
  return BOURSE_OK;
}

/* --- Messages --- */

enum {
  IS_TICKER = 1,
  IS_BOOK,
  IS_BOOK_SNAPSHOT,
  IS_TRADE,
  IS_TRADES,
  IS_ORDERS,
  IS_ORDERS_SNAPSHOT,
  IS_FILLS,
  IS_FILLS_SNAPSHOT,
  IS_POSITIONS,
  IS_BALANCES,
  IS_BALANCES_SNAPSHOT,
  IS_NOT_OURS
};

static const bourse_name feeds[] = {{"ticker_lite", IS_TICKER},
                                    {"book_snapshot", IS_BOOK_SNAPSHOT},
                                    {"trade_snapshot", IS_TRADES},
                                    {"open_orders", IS_ORDERS},
                                    {"open_orders_verbose", IS_ORDERS},
                                    {"open_orders_snapshot", IS_ORDERS_SNAPSHOT},
                                    {"open_orders_verbose_snapshot", IS_ORDERS_SNAPSHOT},
                                    {"fills", IS_FILLS},
                                    {"fills_snapshot", IS_FILLS_SNAPSHOT},
                                    {"open_positions", IS_POSITIONS},
                                    {"open_positions_snapshot", IS_POSITIONS},
                                    {"balances", IS_BALANCES},
                                    {"balances_snapshot", IS_BALANCES_SNAPSHOT},
                                    {"heartbeat", IS_NOT_OURS},
                                    {"account_log", IS_NOT_OURS},
                                    {"account_log_snapshot", IS_NOT_OURS},
                                    {"notifications_auth", IS_NOT_OURS},
                                    {NULL, 0}};

/* The frequent ones first, told apart by their lengths. */
static int32_t feed_of(bourse_slice name) {
  if (name.length == 4 && memcmp(name.data, "book", 4) == 0) return IS_BOOK;
  if (name.length == 5 && memcmp(name.data, "trade", 5) == 0) return IS_TRADE;
  if (name.length == 6 && memcmp(name.data, "ticker", 6) == 0) return IS_TICKER;
  return bourse_name_value(feeds, name);
}

typedef struct head {
  bourse_slice feed;
  bourse_slice event;
} head;

static const bourse_field head_fields[] = {
    BOURSE_FIELD("feed", SLICE, head, feed),
    BOURSE_FIELD("event", SLICE, head, event),
};
static const bourse_table head_table = BOURSE_TABLE(head_fields);

/* The feed or the event that a message is of: its first member, or else looked for. */
static int32_t read_head(bourse_link *link, const char *bytes, size_t length, head *out) {
  static const char first[] = "{\"feed\":\"";
  const size_t skip = sizeof first - 1;
  if (length > skip && memcmp(bytes, first, skip) == 0) {
    const char *end = memchr(bytes + skip, '"', length - skip < 40 ? length - skip : 40);
    if (end != NULL) {
      out->feed = (bourse_slice){bytes + skip, (size_t)(end - bytes - (ptrdiff_t)skip)};
      return BOURSE_OK;
    }
  }
  bourse_decoder decoder;
  bourse_link_decode_copy(link, &decoder, bytes, length);
  bourse_decode_object(&decoder, &head_table, out);
  return bourse_link_decoded(link, &decoder);
}

int32_t bourse__kraken_futures_receive(bourse_link *link, const char *bytes, size_t length) {
  bourse_decoder decoder;
  head h = {{NULL, 0}, {NULL, 0}};
  if (is_change(link, bytes, length) || is_ticker(link, bytes, length)) return BOURSE_OK;
  int32_t code = read_head(link, bytes, length, &h);
  if (code != BOURSE_OK) return code;
  bourse_link_decode_copy(link, &decoder, bytes, length);
  if (h.event.data != NULL) return receive_event(link, &decoder);
  if (h.feed.data == NULL) return bourse_link_unknown(link, "neither a feed's message nor an event");
  switch (feed_of(h.feed)) {
    case IS_TICKER: return receive_ticker(link, &decoder);
    case IS_BOOK: return receive_book(link, &decoder, 0);
    case IS_BOOK_SNAPSHOT: return receive_book(link, &decoder, 1);
    case IS_TRADE: return receive_trade(link, &decoder);
    case IS_TRADES: return receive_trades(link, &decoder);
    case IS_ORDERS: return bourse__kraken_receive_orders(link, &decoder, 0);
    case IS_ORDERS_SNAPSHOT: return bourse__kraken_receive_orders(link, &decoder, 1);
    case IS_FILLS: return bourse__kraken_receive_fills(link, &decoder, 0);
    case IS_FILLS_SNAPSHOT: return bourse__kraken_receive_fills(link, &decoder, 1);
    case IS_POSITIONS: return bourse__kraken_receive_positions(link, &decoder);
    case IS_BALANCES: return bourse__kraken_receive_balances(link, &decoder, 0);
    case IS_BALANCES_SNAPSHOT: return bourse__kraken_receive_balances(link, &decoder, 1);
    case IS_NOT_OURS: bourse_json_skip(&decoder.json); return bourse_link_decoded(link, &decoder);
    default: return bourse_link_unknown(link, "a feed that we do not know");
  }
}
