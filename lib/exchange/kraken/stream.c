/* exchange/kraken/stream.c - kinds of connections and channels; subscriptions and public messages of spot. */
#include "exchange/kraken/stream.h"

#include <stdio.h>
#include <string.h>

#define SPOT    (BOURSE_FOR_SPOT | BOURSE_FOR_CROSS)
#define FUTURES BOURSE_FOR_FUTURES

/* --- Connections and channels --- */

/* Spot sends a heartbeat every second. The edge allows some 150 new connections in ten minutes from one address. */
#define SPOT_SOCKET(name_, host_, flags_, products_)                                                                 \
  {                                                                                                                  \
    .name = name_, .host = host_, .flags = flags_, .path = "/v2", .products = products_, .topics_max = 1000,         \
    .batch_max = 100, .connects_max = 120, .connects_interval_ns = 10 * KRAKEN_MINUTE, .ping_ns = 5 * KRAKEN_SECOND, \
    .silence_ns = 15 * KRAKEN_SECOND                                                                                 \
  }
#define FUTURES_SOCKET(name_, flags_)                                                                               \
  {                                                                                                                 \
    .name = name_, .host = KRAKEN_FUTURES_WS, .flags = flags_, .path = "/ws/v1", .products = FUTURES,               \
    .topics_max = 1000, .batch_max = 100, .sends_max = 90, .sends_interval_ns = KRAKEN_SECOND, .connects_max = 100, \
    .connects_interval_ns = 10 * KRAKEN_MINUTE, .ping_ns = 20 * KRAKEN_SECOND, .silence_ns = 60 * KRAKEN_SECOND     \
  }

static const bourse_socket sockets[KRAKEN_SOCKETS] = {
    [KRAKEN_SOCKET_MARKET] = SPOT_SOCKET("spot market data", KRAKEN_WS, 0, SPOT),
    [KRAKEN_SOCKET_QUOTES] = SPOT_SOCKET("spot quotes", KRAKEN_WS, 0, SPOT),
    [KRAKEN_SOCKET_ACCOUNT] = SPOT_SOCKET("spot account and orders", KRAKEN_WS_AUTH,
                                          BOURSE_SOCKET_TOKEN | BOURSE_SOCKET_PRIVATE | BOURSE_SOCKET_ORDERS, SPOT),
    [KRAKEN_SOCKET_FUTURES] = FUTURES_SOCKET("futures market data", 0),
    [KRAKEN_SOCKET_FUTURES_ACCOUNT] = FUTURES_SOCKET("futures account", BOURSE_SOCKET_PRIVATE),
};

/* Channels of one group are one subscription. */
enum { ALONE, TICKER, EXECUTIONS, FUTURES_TICKER, FUTURES_TRADES };

#define CHANNEL(operation_, products_, socket_, group_, flags_, name_)                                   \
  {                                                                                                      \
    .operation = BOURSE_OP_WATCH_##operation_, .products = products_, .socket = KRAKEN_SOCKET_##socket_, \
    .group = group_, .flags = flags_, .name = name_                                                      \
  }
#define BOOK(products_, socket_, proof_)                                                                  \
  {                                                                                                       \
    .operation = BOURSE_OP_WATCH_ORDER_BOOK, .products = products_, .socket = KRAKEN_SOCKET_##socket_,    \
    .proof = BOURSE_PROOF_##proof_, .source = BOURSE_BOOK_FROM_CHANNEL, .flags = BOURSE_CHANNEL_SNAPSHOT, \
    .name = "book"                                                                                        \
  }

#define OWN    BOURSE_CHANNEL_ACCOUNT
#define SPARSE (BOURSE_CHANNEL_ACCOUNT | BOURSE_CHANNEL_SPARSE)
#define STATE  (BOURSE_CHANNEL_ACCOUNT | BOURSE_CHANNEL_SNAPSHOT)

const bourse_channel bourse__kraken_channels[KRAKEN_CHANNELS] = {
    [KRAKEN_TICKER] = CHANNEL(TICKER, SPOT, MARKET, TICKER, 0, "ticker"),
    [KRAKEN_TICKERS] = CHANNEL(TICKERS, SPOT, MARKET, TICKER, 0, "ticker"),
    [KRAKEN_BIDS_ASKS] = CHANNEL(BIDS_ASKS, SPOT, QUOTES, ALONE, 0, "ticker"),
    [KRAKEN_BOOK] = BOOK(SPOT, MARKET, CHECKSUM),
    [KRAKEN_TRADES] = CHANNEL(TRADES, SPOT, MARKET, ALONE, 0, "trade"),
    [KRAKEN_CANDLES] = CHANNEL(CANDLES, SPOT, MARKET, ALONE, BOURSE_CHANNEL_ROLLING, "ohlc"),
    [KRAKEN_ORDERS] = CHANNEL(ORDERS, SPOT, ACCOUNT, EXECUTIONS, SPARSE, "executions"),
    [KRAKEN_FILLS] = CHANNEL(MY_TRADES, SPOT, ACCOUNT, EXECUTIONS, OWN, "executions"),
    [KRAKEN_BALANCES] = CHANNEL(BALANCES, SPOT, ACCOUNT, ALONE, STATE, "balances"),
    [KRAKEN_FUTURES_TICKER] = CHANNEL(TICKER, FUTURES, FUTURES, FUTURES_TICKER, 0, "ticker"),
    [KRAKEN_FUTURES_TICKERS] = CHANNEL(TICKERS, FUTURES, FUTURES, FUTURES_TICKER, 0, "ticker"),
    [KRAKEN_FUTURES_BIDS_ASKS] = CHANNEL(BIDS_ASKS, FUTURES, FUTURES, FUTURES_TICKER, 0, "ticker"),
    [KRAKEN_FUTURES_MARK_PRICE] = CHANNEL(MARK_PRICE, FUTURES, FUTURES, FUTURES_TICKER, 0, "ticker"),
    [KRAKEN_FUTURES_BOOK] = BOOK(FUTURES, FUTURES, NEXT),
    [KRAKEN_FUTURES_TRADES] = CHANNEL(TRADES, FUTURES, FUTURES, FUTURES_TRADES, 0, "trade"),
    [KRAKEN_FUTURES_LIQUIDATIONS] = CHANNEL(LIQUIDATIONS, FUTURES, FUTURES, FUTURES_TRADES, 0, "trade"),
    [KRAKEN_FUTURES_ORDERS] = CHANNEL(ORDERS, FUTURES, FUTURES_ACCOUNT, ALONE, SPARSE, "open_orders_verbose"),
    [KRAKEN_FUTURES_FILLS] = CHANNEL(MY_TRADES, FUTURES, FUTURES_ACCOUNT, ALONE, OWN, "fills"),
    [KRAKEN_FUTURES_BALANCES] = CHANNEL(BALANCES, FUTURES, FUTURES_ACCOUNT, ALONE, STATE, "balances"),
    [KRAKEN_FUTURES_POSITIONS] = CHANNEL(POSITIONS, FUTURES, FUTURES_ACCOUNT, ALONE, STATE, "open_positions"),
};

static const bourse_channel *const channels = bourse__kraken_channels;

static int32_t is_futures(const bourse_link *link) {
  return link->socket == &sockets[KRAKEN_SOCKET_FUTURES] || link->socket == &sockets[KRAKEN_SOCKET_FUTURES_ACCOUNT];
}

/* --- Topics --- */

/* Messages call a market by its assets' names; those that are not the unified ones. */
static const struct {
  const char *code;
  const char *name;
} assets[] = {{"LUNC", "LUNA"}, {"LUNA", "LUNA2"}, {"USTC", "UST"},
              {"REPV1", "REP"}, {"REP", "REPV2"},  {"KFEE", "FEE"}};
enum { ASSETS = sizeof assets / sizeof assets[0] };

static const char *asset_name(const char *code) {
  for (size_t i = 0; i < ASSETS; i++)
    if (strcmp(assets[i].code, code) == 0) return assets[i].name;
  return code;
}

static bourse_slice asset_code(bourse_slice name) {
  for (size_t i = 0; i < ASSETS; i++)
    if (bourse_slice_is(name, assets[i].name)) return (bourse_slice){assets[i].code, strlen(assets[i].code)};
  return name;
}

const char *bourse__kraken_market_name(bourse_arena *arena, const bourse_market *market) {
  const char *base = asset_name(market->base), *quote = asset_name(market->quote);
  if (base == market->base && quote == market->quote) return market->symbol;
  return bourse_arena_format(arena, "%s/%s", base, quote);
}

const bourse_market *bourse__kraken_market_named(bourse_link *link, bourse_slice name) {
  const char *slash = name.data == NULL ? NULL : memchr(name.data, '/', name.length);
  if (slash == NULL) return NULL;
  bourse_slice base = {name.data, (size_t)(slash - name.data)}, quote = {slash + 1, name.length - base.length - 1};
  bourse_slice base_code = asset_code(base), quote_code = asset_code(quote);
  if (base_code.data == base.data && quote_code.data == quote.data)
    return bourse_link_market_by_symbol(link, BOURSE_PRODUCT_SPOT, name);
  const char *symbol = bourse_arena_format(link->arena, "%.*s/%.*s", (int)base_code.length, base_code.data,
                                           (int)quote_code.length, quote_code.data);
  if (symbol == NULL) return NULL;
  return bourse_link_market_by_symbol(link, BOURSE_PRODUCT_SPOT, (bourse_slice){symbol, strlen(symbol)});
}

static const uint32_t depths[] = {10, 25, 100, 500, 1000};
#define DEPTHS        (sizeof depths / sizeof depths[0])
#define DEPTH_DEFAULT 10

/* The next depth that can be subscribed; 0: there is none so deep. */
static uint32_t round_depth(uint32_t wanted) {
  for (size_t i = 0; i < DEPTHS; i++)
    if (wanted <= depths[i]) return depths[i];
  return 0;
}

/* A key is for spot or for futures: own data of the other kind could only be refused. */
static const bourse_channel *choose(bourse_watch_call *call) {
  const bourse__kraken_state *state = call->state;
  const bourse_channel *channel = bourse_find_channel(call->adapter, call->operation, bourse_watch_for(call), 0);
  if (channel == NULL || (channel->flags & BOURSE_CHANNEL_ACCOUNT) == 0) return channel;
  int32_t futures = (channel->products & FUTURES) != 0;
  if (futures == (state->futures_key > 0)) return channel;
  bourse_watch_fail(
      call, BOURSE_ERROR_CREDENTIALS, NULL,
      "this handle's key is for Kraken %s; for this open another handle with product = %s and a key for %s",
      futures ? "spot" : "futures", futures ? "linear or inverse" : "spot", futures ? "futures" : "spot");
  return NULL;
}

static int32_t set_topic(bourse_watch_call *call, bourse_topic *topic) {
  const bourse_channel *channel = topic->channel;
  if (call->market != NULL && (channel->products & SPOT) != 0 && (channel->flags & BOURSE_CHANNEL_ACCOUNT) == 0) {
    topic->id = bourse__kraken_market_name(call->arena, call->market);
    if (topic->id == NULL) return BOURSE_ERROR_MEMORY;
  }
  if (channel == &channels[KRAKEN_BOOK]) {
    topic->depth = round_depth(call->request->limit != 0 ? call->request->limit : DEPTH_DEFAULT);
    topic->keep_depth = topic->depth;
    if (topic->depth == 0)
      return bourse_watch_fail(call, BOURSE_ERROR_ARGUMENT, "limit",
                               "Kraken's books are at most 1000 levels deep, not %u", (unsigned)call->request->limit);
  }
  if (channel == &channels[KRAKEN_CANDLES]) {
    if (call->request->price_kind != 0 && call->request->price_kind != BOURSE_PRICE_LAST)
      return bourse_watch_fail(call, BOURSE_ERROR_UNSUPPORTED, "price_kind",
                               "Kraken has candles of the last price only");
    const bourse_interval *interval = bourse_watch_interval(call, bourse__kraken_intervals, KRAKEN_INTERVALS);
    if (interval == NULL) return BOURSE_ERROR_ARGUMENT;
    topic->qualifier = interval->native;
  }
  return BOURSE_OK;
}

/* --- Subscriptions ---
 * A refusal names the message it answers, at best a market, but no channel: which one a message was for is remembered. */

#define ASKED 60

typedef struct asked {
  uint32_t id; /* low half */
  uint16_t channel;
  uint16_t interval;
} asked;

typedef struct memory {
  asked messages[ASKED]; /* by id */
} memory;
_Static_assert(sizeof(memory) <= sizeof((bourse_link *)NULL)->memory, "the link has room for it");

static uint16_t minutes_of(const char *text) {
  uint32_t minutes = 0;
  for (; *text >= '0' && *text <= '9'; text++) minutes = minutes * 10 + (uint32_t)(*text - '0');
  return (uint16_t)minutes;
}

static void remember(bourse_link *link, int64_t id, const bourse_topic *topic) {
  memory *seen = (memory *)(void *)link->memory;
  seen->messages[id % ASKED] =
      (asked){(uint32_t)id, (uint16_t)(topic->channel - channels), minutes_of(topic->qualifier)};
}

/* NULL: not known (any more). */
static const asked *asked_with(const bourse_link *link, int64_t id) {
  const memory *seen = (const memory *)(const void *)link->memory;
  const asked *message = &seen->messages[(uint64_t)id % ASKED];
  return id > 0 && message->id == (uint32_t)id ? message : NULL;
}

static void put_name(bourse_text *message, const char *name, const char *text) {
  bourse_text_string(message, name);
  bourse_text_json(message, text, strlen(text));
}

static void put_symbols(bourse_text *message, const bourse_topic *const *topics, uint32_t count) {
  bourse_text_string(message, ",\"symbol\":[");
  for (uint32_t i = 0; i < count; i++) put_name(message, i == 0 ? "" : ",", topics[i]->id);
  bourse_text_char(message, ']');
}

static int32_t subscribe(bourse_link *link, int32_t on, const bourse_topic *const *topics, uint32_t count, int64_t id,
                         bourse_text *message) {
  if (is_futures(link)) return bourse__kraken_futures_subscribe(link, on, topics, count, message);
  const bourse_topic *topic = topics[0];
  const bourse_channel *channel = topic->channel;
  remember(link, id, topic);
  bourse_text_string(message, on ? "{\"method\":\"subscribe\"" : "{\"method\":\"unsubscribe\"");
  put_name(message, ",\"params\":{\"channel\":", channel->name);
  if (topic->id[0] != '\0') put_symbols(message, topics, count);
  if (channel == &channels[KRAKEN_BOOK]) {
    bourse_text_string(message, ",\"depth\":");
    bourse_text_int(message, topic->depth);
  }
  if (channel == &channels[KRAKEN_CANDLES]) {
    bourse_text_string(message, ",\"interval\":");
    bourse_text_string(message, topic->qualifier);
  }
  if (channel == &channels[KRAKEN_BIDS_ASKS]) bourse_text_string(message, ",\"event_trigger\":\"bbo\"");
  if (on && channel == &channels[KRAKEN_TRADES]) bourse_text_string(message, ",\"snapshot\":false");
  if (channel->socket == KRAKEN_SOCKET_ACCOUNT) {
    if (on && channel != &channels[KRAKEN_BALANCES])
      bourse_text_string(message, ",\"snap_orders\":true,\"snap_trades\":false");
    put_name(message, ",\"token\":", link->token);
  }
  bourse_text_string(message, "},\"req_id\":");
  bourse_text_int(message, id);
  bourse_text_char(message, '}');
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

static int32_t login(bourse_link *link, bourse_text *message) {
  return is_futures(link) ? bourse__kraken_futures_login(link, message) : BOURSE_OK;
}

/* Futures count WebSocket pings as signs of life and have no message of that kind. */
static int32_t ping(bourse_link *link, int64_t id, bourse_text *message) {
  if (is_futures(link)) return BOURSE_OK;
  bourse_text_string(message, "{\"method\":\"ping\",\"req_id\":");
  bourse_text_int(message, id);
  bourse_text_char(message, '}');
  return bourse_text_finish(message) != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* --- Rows of a message --- */

void *bourse__kraken_add_row(bourse_decoder *decoder, bourse__kraken_list *rows) {
  if (rows->count == rows->capacity) {
    uint32_t capacity = rows->capacity == 0 ? 2 : rows->capacity * 4;
    char *items = bourse_arena_alloc(decoder->arena, (size_t)capacity * rows->size);
    if (items == NULL) {
      bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, "data", "memory is out");
      return NULL;
    }
    if (rows->count > 0) memcpy(items, rows->items, (size_t)rows->count * rows->size);
    rows->items = items;
    rows->capacity = capacity;
  }
  return rows->items + (size_t)rows->count++ * rows->size;
}

static int32_t same_slice(bourse_slice a, bourse_slice b) {
  return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

void bourse__kraken_name_market(const bourse_topic *topic, const char **symbol, const char **id) {
  if (topic->market == NULL) return;
  *symbol = topic->market->symbol;
  *id = topic->market->id;
}

/* Records of one market, one behind the other, to each topic they are for. */
static void emit_run(bourse_link *link, const bourse__kraken_kind *kind, uint32_t first, uint32_t count, char *rows,
                     uint32_t row_count, bourse_slice id, bourse_slice qualifier, uint32_t flags) {
  int64_t time_ns = 0;
  int32_t packed = 0;
  for (uint32_t c = first; c < first + (link->lenient ? 1 : count); c++) {
    bourse_topic *topic = bourse_link_topic(link, &channels[c], id, qualifier);
    if (topic == NULL) continue;
    if (!packed) {
      for (uint32_t i = 0; i < row_count; i++) {
        char *record = rows + (size_t)i * kind->row_size;
        if (kind->finish != NULL) kind->finish(link, topic, record);
        if (i > 0) memmove(rows + (size_t)i * kind->record_size, record, kind->record_size);
      }
      memcpy(&time_ns, rows + (size_t)(row_count - 1) * kind->record_size + kind->time_offset, sizeof time_ns);
      packed = 1;
    }
    bourse_emit(link, topic, kind->kind, rows, row_count, time_ns, flags);
  }
}

void bourse__kraken_emit_rows(bourse_link *link, const bourse__kraken_kind *kind, uint32_t first, uint32_t count,
                              const bourse__kraken_list *rows, bourse_slice qualifier, uint32_t flags) {
  for (uint32_t i = 0, end; i < rows->count; i = end) {
    char *row = rows->items + (size_t)i * kind->row_size;
    bourse_slice id, other;
    memcpy(&id, row + kind->id_offset, sizeof id);
    for (end = i + 1; end < rows->count; end++) { /* mostly there is but one */
      memcpy(&other, rows->items + (size_t)end * kind->row_size + kind->id_offset, sizeof other);
      if (!same_slice(id, other)) break;
    }
    emit_run(link, kind, first, count, row, end - i, id, qualifier, flags);
  }
}

/* --- Tickers, trades, candles --- */

typedef struct ticker_row {
  bourse_ticker record;
  bourse_slice symbol;
} ticker_row;

static const bourse_field ticker_fields[] = {
    BOURSE_FIELD_MUST("symbol", SLICE, ticker_row, symbol),
    BOURSE_FIELD("bid", DECIMAL, ticker_row, record.bid),
    BOURSE_FIELD("bid_qty", DECIMAL, ticker_row, record.bid_amount),
    BOURSE_FIELD("ask", DECIMAL, ticker_row, record.ask),
    BOURSE_FIELD("ask_qty", DECIMAL, ticker_row, record.ask_amount),
    BOURSE_FIELD("last", DECIMAL, ticker_row, record.last),
    BOURSE_FIELD("volume", DECIMAL, ticker_row, record.base_volume),
    BOURSE_FIELD("vwap", DECIMAL, ticker_row, record.vwap),
    BOURSE_FIELD("low", DECIMAL, ticker_row, record.low),
    BOURSE_FIELD("high", DECIMAL, ticker_row, record.high),
    BOURSE_FIELD("change", DECIMAL, ticker_row, record.change),
    BOURSE_FIELD("change_pct", DECIMAL, ticker_row, record.percent),
    BOURSE_FIELD("timestamp", TIME_ISO, ticker_row, record.time_ns),
};
static const bourse_table ticker_table = BOURSE_TABLE(ticker_fields);

static void finish_ticker(bourse_link *link, const bourse_topic *topic, void *record) {
  bourse_ticker *ticker = record;
  (void)link;
  bourse__kraken_name_market(topic, &ticker->symbol, &ticker->id);
}

static const bourse__kraken_kind ticker_kind = {BOURSE_KIND_TICKER,
                                                sizeof(bourse_ticker),
                                                sizeof(ticker_row),
                                                offsetof(ticker_row, symbol),
                                                offsetof(bourse_ticker, time_ns),
                                                finish_ticker};

static const bourse_name sides[] = {{"buy", BOURSE_SIDE_BUY}, {"sell", BOURSE_SIDE_SELL}, {NULL, 0}};

typedef struct trade_row {
  bourse_trade record;
  bourse_slice symbol;
} trade_row;

static const bourse_field trade_fields[] = {
    BOURSE_FIELD_MUST("symbol", SLICE, trade_row, symbol),
    BOURSE_FIELD_ENUM("side", trade_row, record.side, sides),
    BOURSE_FIELD_MUST("price", DECIMAL, trade_row, record.price),
    BOURSE_FIELD_MUST("qty", DECIMAL, trade_row, record.amount),
    BOURSE_FIELD("ord_type", CHECK, trade_row, record),
    BOURSE_FIELD_MUST("trade_id", ID, trade_row, record.id),
    BOURSE_FIELD_MUST("timestamp", TIME_ISO, trade_row, record.time_ns),
};
static const bourse_table trade_table = BOURSE_TABLE(trade_fields);

static void finish_trade(bourse_link *link, const bourse_topic *topic, void *record) {
  bourse_trade *trade = record;
  (void)link;
  if (topic->market != NULL) trade->symbol = topic->market->symbol;
  bourse_decimal_mul(&trade->cost, &trade->price, &trade->amount);
}

static const bourse__kraken_kind trade_kind = {BOURSE_KIND_TRADE,
                                               sizeof(bourse_trade),
                                               sizeof(trade_row),
                                               offsetof(trade_row, symbol),
                                               offsetof(bourse_trade, time_ns),
                                               finish_trade};

typedef struct candle_row {
  bourse_candle record;
  bourse_slice symbol;
  bourse_slice interval;
} candle_row;

static const bourse_field candle_fields[] = {
    BOURSE_FIELD_MUST("symbol", SLICE, candle_row, symbol),
    BOURSE_FIELD("open", DECIMAL, candle_row, record.open),
    BOURSE_FIELD("high", DECIMAL, candle_row, record.high),
    BOURSE_FIELD("low", DECIMAL, candle_row, record.low),
    BOURSE_FIELD("close", DECIMAL, candle_row, record.close),
    BOURSE_FIELD("trades", INT64, candle_row, record.trade_count),
    BOURSE_FIELD("volume", DECIMAL, candle_row, record.volume),
    BOURSE_FIELD("vwap", CHECK, candle_row, record),
    BOURSE_FIELD_MUST("interval_begin", TIME_ISO, candle_row, record.time_ns),
    BOURSE_FIELD_MUST("interval", SLICE, candle_row, interval),
    BOURSE_FIELD("timestamp", CHECK, candle_row, record),
};
static const bourse_table candle_table = BOURSE_TABLE(candle_fields);

/* A candle is closed when one begins behind it: the library tells that of the last one it knows, and here it is told of
 * those within one message. */
static void close_candles(const bourse__kraken_list *rows) {
  candle_row *row = (candle_row *)(void *)rows->items;
  for (uint32_t i = 0; i < rows->count; i++) {
    bourse_candle *candle = &row[i].record;
    candle->closed = i + 1 < rows->count && same_slice(row[i].symbol, row[i + 1].symbol) &&
                             row[i + 1].record.time_ns > candle->time_ns
                         ? BOURSE_YES
                         : BOURSE_NO;
    char minutes[8] = "";
    if (row[i].interval.length < sizeof minutes) memcpy(minutes, row[i].interval.data, row[i].interval.length);
    candle->close_time_ns = candle->time_ns + minutes_of(minutes) * KRAKEN_MINUTE;
  }
}

static const bourse__kraken_kind candle_kind = {BOURSE_KIND_CANDLE,
                                                sizeof(bourse_candle),
                                                sizeof(candle_row),
                                                offsetof(candle_row, symbol),
                                                offsetof(bourse_candle, time_ns),
                                                NULL};

/* --- Books --- */

static const bourse_field level_fields[] = {
    BOURSE_FIELD_MUST("price", DECIMAL, bourse_level, price),
    BOURSE_FIELD_MUST("qty", DECIMAL, bourse_level, amount),
};
static const bourse_table level_table = BOURSE_TABLE(level_fields);

int32_t bourse__kraken_read_side(bourse_decoder *decoder, void *member) {
  bourse__kraken_side *side = member;
  return bourse_decode_level_objects(decoder, &level_table, &side->levels, &side->count);
}

typedef struct book_row {
  bourse_slice symbol;
  bourse__kraken_side bids;
  bourse__kraken_side asks;
  int64_t checksum; /* negative: none */
  int64_t time_ns;
} book_row;

static const bourse_field book_fields[] = {
    BOURSE_FIELD_MUST("symbol", SLICE, book_row, symbol),
    BOURSE_FIELD_CUSTOM("bids", book_row, bids, bourse__kraken_read_side),
    BOURSE_FIELD_CUSTOM("asks", book_row, asks, bourse__kraken_read_side),
    BOURSE_FIELD_MUST("checksum", INT64, book_row, checksum),
    BOURSE_FIELD("timestamp", TIME_ISO, book_row, time_ns),
};
static const bourse_table book_table = BOURSE_TABLE(book_fields);

static void emit_book(bourse_link *link, const book_row *row, int32_t snapshot) {
  bourse_topic *topic = bourse_link_topic(link, &channels[KRAKEN_BOOK], row->symbol, bourse__kraken_no_slice());
  if (topic == NULL) return;
  const bourse_book_update update = {.snapshot = snapshot,
                                     .has_checksum = 1,
                                     .checksum = (uint32_t)row->checksum,
                                     .bid_count = row->bids.count,
                                     .ask_count = row->asks.count,
                                     .time_ns = row->time_ns,
                                     .first = BOURSE_NO_SEQUENCE,
                                     .last = BOURSE_NO_SEQUENCE,
                                     .previous = BOURSE_NO_SEQUENCE,
                                     .bids = row->bids.levels,
                                     .asks = row->asks.levels};
  bourse_emit_book(link, topic, &update);
}

static void emit_books(bourse_link *link, const bourse__kraken_list *rows, int32_t snapshot) {
  const book_row *row = (const book_row *)(const void *)rows->items;
  for (uint32_t i = 0; i < rows->count; i++, row++) emit_book(link, row, snapshot);
}

/* A change as it mostly comes: without blanks, and with one behind each colon. */
#define LEVEL_PIECES(blank_)                                             \
  {                                                                      \
    BOURSE_PIECE("{\"price\":" blank_, DECIMAL, bourse_level, price),    \
        BOURSE_PIECE(",\"qty\":" blank_, DECIMAL, bourse_level, amount), \
  }
#define BOOK_PIECES(blank_, level_)                                                               \
  {                                                                                               \
    BOURSE_PIECE("{\"channel\":" blank_ "\"book\",\"type\":" blank_ "\"update\",\"data\":" blank_ \
                 "[{\"symbol\":" blank_,                                                          \
                 SLICE, book_row, symbol),                                                        \
        BOURSE_PIECE_LEVELS(",\"bids\":" blank_, level_, book_row, bids),                         \
        BOURSE_PIECE_LEVELS(",\"asks\":" blank_, level_, book_row, asks),                         \
        BOURSE_PIECE(",\"checksum\":" blank_, INT64, book_row, checksum),                         \
        BOURSE_PIECE(",\"timestamp\":" blank_, TIME_ISO, book_row, time_ns),                      \
  }
static const bourse_piece level_pieces[2][2] = {LEVEL_PIECES(""), LEVEL_PIECES(" ")};
static const bourse_form level_forms[2] = {BOURSE_FORM(level_pieces[0]), BOURSE_FORM(level_pieces[1])};
static const bourse_piece change_pieces[2][5] = {BOOK_PIECES("", level_forms[0]), BOOK_PIECES(" ", level_forms[1])};
static const bourse_form change_forms[2] = {BOURSE_FORM_TO(change_pieces[0], "}]}"),
                                            BOURSE_FORM_TO(change_pieces[1], "}]}")};

/* 0: it is something else, or not in the usual form. */
static int32_t receive_change(bourse_link *link, const char *bytes, size_t length) {
  bourse_decoder decoder;
  book_row row;
  bourse_link_decode(link, &decoder, bytes, length);
  if (!bourse_decode_form(&decoder, &change_forms[length > 11 && bytes[11] == ' '], &row)) return 0;
  emit_book(link, &row, 0);
  return 1;
}

/* --- Messages --- */

enum { IS_TICKER = 1, IS_BOOK, IS_TRADES, IS_CANDLES, IS_EXECUTIONS, IS_BALANCES, IS_NOT_OURS };

static const bourse_name other_channels[] = {{"heartbeat", IS_NOT_OURS},
                                             {"status", IS_NOT_OURS},
                                             {"executions", IS_EXECUTIONS},
                                             {"balances", IS_BALANCES},
                                             {"instrument", IS_NOT_OURS},
                                             {"level3", IS_NOT_OURS},
                                             {NULL, 0}};

/* The frequent ones first, told apart by their lengths. */
static int32_t channel_kind(bourse_slice name) {
  const char *text = name.data;
  if (name.length == 4 && memcmp(text, "book", 4) == 0) return IS_BOOK;
  if (name.length == 5 && memcmp(text, "trade", 5) == 0) return IS_TRADES;
  if (name.length == 6 && memcmp(text, "ticker", 6) == 0) return IS_TICKER;
  if (name.length == 4 && memcmp(text, "ohlc", 4) == 0) return IS_CANDLES;
  return bourse_name_value(other_channels, name);
}

enum { OF_SUBSCRIBING = 1, OF_UNSUBSCRIBING, OF_PING, OF_ORDERS };

static const bourse_name method_names[] = {{"subscribe", OF_SUBSCRIBING},
                                           {"unsubscribe", OF_UNSUBSCRIBING},
                                           {"pong", OF_PING},
                                           {"ping", OF_PING},
                                           {"add_order", OF_ORDERS},
                                           {"amend_order", OF_ORDERS},
                                           {"edit_order", OF_ORDERS},
                                           {"cancel_order", OF_ORDERS},
                                           {"cancel_all", OF_ORDERS},
                                           {"cancel_all_orders_after", OF_ORDERS},
                                           {"batch_add", OF_ORDERS},
                                           {"batch_cancel", OF_ORDERS},
                                           {NULL, 0}};

typedef struct message {
  bourse_slice channel;
  bourse_slice type;
  bourse_slice data; /* left for later: it stood before the channel's name */
  bourse__kraken_list rows;
  bourse_slice method;
  bourse_slice result;
  bourse_slice error;
  bourse_slice id;
  bourse_slice symbol;
  int32_t success;
  int32_t channel_kind; /* IS_*; 0: not told yet, or unknown */
} message;

/* Rows of the message's channel; what is not ours is passed over. */
static int32_t read_rows(bourse_decoder *decoder, message *m) {
  static const struct {
    const bourse_table *table;
    uint32_t size;
  } kinds[] = {[IS_TICKER] = {&ticker_table, sizeof(ticker_row)},
               [IS_BOOK] = {&book_table, sizeof(book_row)},
               [IS_TRADES] = {&trade_table, sizeof(trade_row)},
               [IS_CANDLES] = {&candle_table, sizeof(candle_row)}};
  switch (m->channel_kind) {
    case IS_EXECUTIONS: return bourse__kraken_read_executions(decoder, &m->rows);
    case IS_BALANCES: return bourse__kraken_read_balances(decoder, &m->rows);
    case IS_TICKER:
    case IS_BOOK:
    case IS_TRADES:
    case IS_CANDLES: break;
    default: bourse_json_skip(&decoder->json); return BOURSE_OK;
  }
  m->rows.size = kinds[m->channel_kind].size;
  int32_t code = bourse_decode_array_begin(decoder, "data");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    void *row = bourse__kraken_add_row(decoder, &m->rows);
    if (row == NULL) return BOURSE_ERROR_MEMORY;
    code = bourse_decode_object(decoder, kinds[m->channel_kind].table, row);
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static int32_t read_data(bourse_decoder *decoder, void *member) {
  message *m = (message *)(void *)((char *)member - offsetof(message, data));
  if (m->channel.data == NULL) return bourse_decode_value(decoder, BOURSE_AS_RAW, NULL, "data", &m->data);
  m->channel_kind = channel_kind(m->channel);
  return read_rows(decoder, m);
}

static const bourse_field message_fields[] = {
    BOURSE_FIELD("channel", SLICE, message, channel),
    BOURSE_FIELD("type", SLICE, message, type),
    BOURSE_FIELD_CUSTOM("data", message, data, read_data),
    BOURSE_FIELD("method", SLICE, message, method),
    BOURSE_FIELD("req_id", SLICE, message, id),
    BOURSE_FIELD("result", RAW, message, result),
    BOURSE_FIELD("success", BOOL, message, success),
    BOURSE_FIELD("error", RAW, message, error),
    BOURSE_FIELD("symbol", SLICE, message, symbol),
};
static const bourse_table message_table = BOURSE_TABLE(message_fields);

static int32_t emit_data(bourse_link *link, message *m) {
  int32_t snapshot = bourse_slice_is(m->type, "snapshot");
  uint32_t flags = snapshot ? BOURSE_STREAM_SNAPSHOT : 0;
  bourse_slice none = bourse__kraken_no_slice();
  if (m->rows.count == 0 && m->channel_kind != IS_EXECUTIONS && m->channel_kind != IS_BALANCES) return BOURSE_OK;
  switch (m->channel_kind) {
    case IS_BOOK: emit_books(link, &m->rows, snapshot); break;
    case IS_TRADES: bourse__kraken_emit_rows(link, &trade_kind, KRAKEN_TRADES, 1, &m->rows, none, flags); break;
    case IS_TICKER: bourse__kraken_emit_rows(link, &ticker_kind, KRAKEN_TICKER, 3, &m->rows, none, flags); break;
    case IS_CANDLES:
      close_candles(&m->rows);
      none = ((const candle_row *)(const void *)m->rows.items)->interval;
      bourse__kraken_emit_rows(link, &candle_kind, KRAKEN_CANDLES, 1, &m->rows, none, flags);
      break;
    case IS_EXECUTIONS: return bourse__kraken_emit_executions(link, &m->rows, snapshot);
    case IS_BALANCES: bourse__kraken_emit_balances(link, &m->rows, snapshot); break;
    default: break;
  }
  return BOURSE_OK;
}

/* --- Answers --- */

static int64_t id_of(bourse_slice text) {
  int64_t id = 0;
  for (size_t i = 0; i < text.length && i < 18; i++) {
    if (text.data[i] < '0' || text.data[i] > '9') return 0;
    id = id * 10 + (text.data[i] - '0');
  }
  return id;
}

typedef struct subscribed {
  bourse_slice channel;
  bourse_slice symbol;
  bourse_slice interval;
} subscribed;

static const bourse_field subscribed_fields[] = {
    BOURSE_FIELD("channel", SLICE, subscribed, channel),
    BOURSE_FIELD("symbol", SLICE, subscribed, symbol),
    BOURSE_FIELD("interval", SLICE, subscribed, interval),
};
static const bourse_table subscribed_table = BOURSE_TABLE(subscribed_fields);

/* The topic that an answer is about, among the channels that bring the same messages; NULL: not to be told. */
static const bourse_topic *topic_of(bourse_link *link, const message *m, const subscribed *about) {
  const asked *question = asked_with(link, id_of(m->id));
  char digits[8];
  bourse_slice symbol = m->symbol, interval = {"", 0};
  uint32_t first = 0, last = KRAKEN_BALANCES;
  if (symbol.data == NULL) symbol = about->symbol;
  if (symbol.data == NULL) symbol = bourse__kraken_no_slice();
  if (about->channel.data == NULL && question == NULL) return NULL;
  if (question != NULL) first = last = question->channel;
  if (about->interval.data != NULL) {
    interval = about->interval;
  } else if (question != NULL && question->interval != 0) {
    interval = (bourse_slice){digits, (size_t)snprintf(digits, sizeof digits, "%u", question->interval)};
  }
  for (uint32_t c = first; c <= last; c++) {
    if (question == NULL && !bourse_slice_is(about->channel, channels[c].name)) continue;
    if (&sockets[channels[c].socket] != link->socket) continue;
    const bourse_topic *topic = bourse_link_topic(link, &channels[c], symbol, interval);
    if (topic != NULL) return topic;
  }
  return NULL;
}

static int32_t answer_subscription(bourse_link *link, const message *m, int32_t off) {
  subscribed about = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
  bourse_decoder decoder;
  if (m->result.data != NULL) {
    bourse_link_decode(link, &decoder, m->result.data, m->result.length);
    bourse_decode_object(&decoder, &subscribed_table, &about);
    int32_t code = bourse_link_decoded(link, &decoder);
    if (code != BOURSE_OK) return code;
  }
  bourse_ack ack = {.id = id_of(m->id), .off = off};
  if (m->success == BOURSE_NO) {
    ack.code = bourse__kraken_error_code(BOURSE_OP_CALL_RAW, m->error);
    ack.exchange_code = ack.exchange_message = m->error;
    if (ack.code == BOURSE_ERROR_NO_CHANGE) ack.code = BOURSE_OK; /* subscribed already */
  }
  if (ack.code == BOURSE_ERROR_AUTH) {
    bourse_emit_token_dead(link);
    return BOURSE_OK;
  }
  if (!link->lenient) ack.topic = topic_of(link, m, &about);
  bourse_emit_ack(link, &ack);
  return BOURSE_OK;
}

static int32_t answer(bourse_link *link, message *m, const char *bytes, size_t length) {
  if (m->error.length >= 2 && m->error.data[0] == '"')
    m->error = (bourse_slice){m->error.data + 1, m->error.length - 2};
  switch (bourse_name_value(method_names, m->method)) {
    case OF_SUBSCRIBING: return answer_subscription(link, m, 0);
    case OF_UNSUBSCRIBING: return answer_subscription(link, m, 1);
    case OF_PING: break;
    case OF_ORDERS:
      bourse_emit_reply(link, id_of(m->id), m->success == BOURSE_NO ? 400 : 200, (bourse_slice){bytes, length});
      if (m->success == BOURSE_NO && bourse__kraken_error_code(BOURSE_OP_CALL_RAW, m->error) == BOURSE_ERROR_AUTH)
        bourse_emit_token_dead(link);
      return BOURSE_OK;
    default: return bourse_link_unknown(link, "an answer to a method that we do not know");
  }
  if (m->success == BOURSE_NO)
    bourse_emit_error(link, bourse__kraken_error_code(BOURSE_OP_CALL_RAW, m->error), m->error, m->error);
  return BOURSE_OK;
}

static int32_t is_empty_list(bourse_slice list) {
  size_t i = 1;
  while (i + 1 < list.length && strchr(" \t\r\n", list.data[i]) != NULL) i++;
  return i + 1 >= list.length;
}

/* {"error": [...], "result": ...}: the form of answers to requests, without a word of what it answers. */
static int32_t is_envelope(const message *m) {
  return m->error.length >= 2 && m->error.data[0] == '[' && (m->result.data != NULL || !is_empty_list(m->error));
}

/* How the messages begin that come by the thousand, up to their rows; without blanks, and with one behind each colon. */
#define LETTERS(text_) text_, sizeof(text_) - 1
#define HEAD(channel_, blank_, type_, kind_) \
  { LETTERS("{\"channel\":" blank_ "\"" channel_ "\",\"type\":" blank_ "\"" type_ "\",\"data\":" blank_), kind_ }
#define HEADS(blank_, type_)                                                              \
  {                                                                                       \
    HEAD("book", blank_, type_, IS_BOOK), HEAD("trade", blank_, type_, IS_TRADES),        \
        HEAD("ticker", blank_, type_, IS_TICKER), HEAD("ohlc", blank_, type_, IS_CANDLES) \
  }
typedef struct head {
  const char *text;
  size_t length;
  int32_t kind;
} head;
static const head heads[2][2][4] = {{HEADS("", "update"), HEADS("", "snapshot")},
                                    {HEADS(" ", "update"), HEADS(" ", "snapshot")}};

/* The head that the message of 32 bytes or more begins with, told by the first letters of its channel; NULL: none. */
static const head *head_of(const char *bytes, size_t length, int32_t *snapshot) {
  const size_t blank = bytes[11] == ' ';
  const char first = bytes[12 + blank], second = bytes[13 + blank];
  const size_t channel = first == 'b' ? 0 : first == 'o' ? 3 : second == 'r' ? 1 : 2;
  for (*snapshot = 0; *snapshot < 2; ++*snapshot) {
    const head *one = &heads[blank][*snapshot][channel];
    if (length > one->length && memcmp(bytes, one->text, one->length) == 0) return one;
  }
  return NULL;
}

/* The short way: 1 when the message has the usual form and was handed on. Everything else goes the long way, which also
 * finds out what is wrong with it. */
static int32_t receive_update(bourse_link *link, const char *bytes, size_t length) {
  bourse_decoder decoder;
  message m;
  int32_t snapshot;
  if (length < 32) return 0;
  if (bytes[12 + (bytes[11] == ' ')] == 'b' && receive_change(link, bytes, length)) return 1;
  const head *begins = head_of(bytes, length, &snapshot);
  if (begins == NULL) return 0;
  memset(&m, 0, sizeof m);
  m.channel_kind = begins->kind;
  if (snapshot) m.type = (bourse_slice){"snapshot", 8};
  bourse_link_decode_copy(link, &decoder, bytes + begins->length, length - begins->length);
  const char *rest = read_rows(&decoder, &m) == BOURSE_OK ? decoder.json.cursor : decoder.json.end;
  if (decoder.json.end - rest != 1 || *rest != '}') return 0;
  emit_data(link, &m);
  return 1;
}

static int32_t receive(bourse_link *link, const char *bytes, size_t length) {
  if (is_futures(link)) return bourse__kraken_futures_receive(link, bytes, length);
  if (receive_update(link, bytes, length)) return BOURSE_OK;
  bourse_decoder decoder;
  message m;
  memset(&m, 0, sizeof m);
  bourse_link_decode_copy(link, &decoder, bytes, length);
  bourse_decode_object(&decoder, &message_table, &m);
  if (decoder.error == BOURSE_OK && m.data.data != NULL && m.channel.data != NULL) {
    bourse_decoder later;
    m.channel_kind = channel_kind(m.channel);
    bourse_link_decode(link, &later, m.data.data, m.data.length);
    read_rows(&later, &m);
    int32_t code = bourse_link_decoded(link, &later);
    if (code != BOURSE_OK) return code;
  }
  int32_t code = bourse_link_decoded(link, &decoder);
  if (code != BOURSE_OK) return code;
  if (m.method.data != NULL) return answer(link, &m, bytes, length);
  if (m.channel.data != NULL) {
    if (m.channel_kind == 0) m.channel_kind = channel_kind(m.channel);
    if (m.channel_kind == 0) return bourse_link_unknown(link, "a channel that we do not know");
    return emit_data(link, &m);
  }
  if (!is_envelope(&m)) return bourse_link_unknown(link, "neither a channel's message nor an answer");
  if (!is_empty_list(m.error)) {
    bourse_slice text = {m.error.data + 1, m.error.length - 2};
    bourse_emit_error(link, BOURSE_ERROR_REFUSED, text, text);
  }
  return BOURSE_OK;
}

const bourse_stream_adapter bourse__kraken_stream = {
    .struct_size = sizeof(bourse_stream_adapter),
    .api_version = BOURSE_API_VERSION,
    .sockets = sockets,
    .channels = bourse__kraken_channels,
    .socket_count = KRAKEN_SOCKETS,
    .channel_count = KRAKEN_CHANNELS,
    .choose = choose,
    .topic = set_topic,
    .login = login,
    .subscribe = subscribe,
    .ping = ping,
    .receive = receive,
};
