/* test_kraken_stream.c - what is sent to subscribe, how messages and answers are read, books held to their checksums. */
#include <bourse.h>
#include <bourse/sys/replay.h>

#include "api/streaming.h"
#include "core/arena.h"
#include "exchange/kraken/stream.h"
#include "sign/signer.h"
#include "test.h"

/* --- Messages to the exchange --- */

typedef struct wire {
  bourse__link link;
  bourse_text text;
} wire;

static void wire_open(wire *w, uint32_t socket) {
  memset(w, 0, sizeof *w);
  w->link.seen.adapter = &bourse__kraken_adapter;
  w->link.seen.socket = &bourse__kraken_stream.sockets[socket];
  w->link.seen.arena = bourse__arena_new(&bourse__default_allocator, 4096);
  w->link.seen.api_key = "key-1";
  w->link.seen.token = "token-1";
}

static void wire_close(wire *w) {
  bourse__signer_free(w->link.seen.signer);
  bourse__arena_free(w->link.seen.arena);
}

static const char *subscribe(wire *w, int32_t on, const bourse_topic *const *topics, uint32_t count, int64_t id) {
  bourse_text_init(&w->text, w->link.seen.arena);
  CHECK_INT(bourse__kraken_stream.subscribe(&w->link.seen, on, topics, count, id, &w->text), BOURSE_OK);
  return bourse_text_finish(&w->text);
}

static bourse_topic topic_of(uint32_t channel, const char *id) {
  bourse_topic topic = {.channel = &bourse__kraken_channels[channel], .id = id, .qualifier = "", .name = ""};
  return topic;
}

TEST(public_subscriptions) {
  wire w;
  bourse_topic btc = topic_of(KRAKEN_TICKER, "BTC/USD"), eth = topic_of(KRAKEN_TICKER, "ETH/EUR");
  bourse_topic book = topic_of(KRAKEN_BOOK, "BTC/USD"), candles = topic_of(KRAKEN_CANDLES, "BTC/USD");
  bourse_topic trades = topic_of(KRAKEN_TRADES, "BTC/USD"), quotes = topic_of(KRAKEN_BIDS_ASKS, "BTC/USD");
  const bourse_topic *two[] = {&btc, &eth}, *one;
  book.depth = 100;
  candles.qualifier = "60";
  wire_open(&w, KRAKEN_SOCKET_MARKET);
  CHECK_STR(subscribe(&w, 1, two, 2, 7),
            "{\"method\":\"subscribe\",\"params\":{\"channel\":\"ticker\",\"symbol\":[\"BTC/USD\",\"ETH/EUR\"]},"
            "\"req_id\":7}");
  one = &book;
  CHECK_STR(subscribe(&w, 1, &one, 1, 8),
            "{\"method\":\"subscribe\",\"params\":{\"channel\":\"book\",\"symbol\":[\"BTC/USD\"],\"depth\":100},"
            "\"req_id\":8}");
  CHECK_STR(subscribe(&w, 0, &one, 1, 9),
            "{\"method\":\"unsubscribe\",\"params\":{\"channel\":\"book\",\"symbol\":[\"BTC/USD\"],\"depth\":100},"
            "\"req_id\":9}");
  one = &candles;
  CHECK_STR(subscribe(&w, 1, &one, 1, 10),
            "{\"method\":\"subscribe\",\"params\":{\"channel\":\"ohlc\",\"symbol\":[\"BTC/USD\"],\"interval\":60},"
            "\"req_id\":10}");
  one = &trades;
  CHECK_STR(subscribe(&w, 1, &one, 1, 11),
            "{\"method\":\"subscribe\",\"params\":{\"channel\":\"trade\",\"symbol\":[\"BTC/USD\"],\"snapshot\":false},"
            "\"req_id\":11}");
  wire_close(&w);
  wire_open(&w, KRAKEN_SOCKET_QUOTES);
  one = &quotes;
  CHECK_STR(subscribe(&w, 1, &one, 1, 1),
            "{\"method\":\"subscribe\",\"params\":{\"channel\":\"ticker\",\"symbol\":[\"BTC/USD\"],"
            "\"event_trigger\":\"bbo\"},\"req_id\":1}");
  wire_close(&w);
}

TEST(private_subscriptions_carry_the_token) {
  wire w;
  bourse_topic orders = topic_of(KRAKEN_ORDERS, ""), balances = topic_of(KRAKEN_BALANCES, "");
  const bourse_topic *one = &orders;
  wire_open(&w, KRAKEN_SOCKET_ACCOUNT);
  CHECK_STR(subscribe(&w, 1, &one, 1, 3),
            "{\"method\":\"subscribe\",\"params\":{\"channel\":\"executions\",\"snap_orders\":true,"
            "\"snap_trades\":false,\"token\":\"token-1\"},\"req_id\":3}");
  CHECK_STR(subscribe(&w, 0, &one, 1, 4),
            "{\"method\":\"unsubscribe\",\"params\":{\"channel\":\"executions\",\"token\":\"token-1\"},\"req_id\":4}");
  one = &balances;
  CHECK_STR(subscribe(&w, 1, &one, 1, 5),
            "{\"method\":\"subscribe\",\"params\":{\"channel\":\"balances\",\"token\":\"token-1\"},\"req_id\":5}");
  wire_close(&w);
}

TEST(futures_subscriptions) {
  wire w;
  bourse_topic a = topic_of(KRAKEN_FUTURES_BOOK, "PF_XBTUSD"), b = topic_of(KRAKEN_FUTURES_BOOK, "PI_ETHUSD");
  const bourse_topic *two[] = {&a, &b};
  wire_open(&w, KRAKEN_SOCKET_FUTURES);
  bourse_text_init(&w.text, w.link.seen.arena);
  CHECK_INT(bourse__kraken_stream.login(&w.link.seen, &w.text), BOURSE_OK);
  CHECK_INT(w.text.length, 0);
  CHECK_STR(subscribe(&w, 1, two, 2, 1),
            "{\"event\":\"subscribe\",\"feed\":\"book\",\"product_ids\":[\"PF_XBTUSD\",\"PI_ETHUSD\"]}");
  wire_close(&w);
}

/* The first is the vector of the exchange's documentation. */
TEST(futures_challenge) {
  static const char *const vectors[][2] = {
      {"7zxMEF5p/Z8l2p2U7Ghv6x14Af+Fx+92tPgUdVQ748FOIrEoT9bgT+bTRfXc5pz8na+hL/QdrCVG7bh9KpT0eMTm",
       "4JEpF3ix66GA2B+ooK128Ift4XQVtc137N9yeg4Kqsn9PI0Kpzbysl9M1IeCEdjg0zl00wkVqcsnG4bmnlMb3A=="},
      {"bGlieGNoZy1kdW1teS1zZWNyZXQtZm9yLWtyYWtlbi1mdXR1cmVzLTAxMjM0NTY3ODktYWJjZGVmZ2hpamtsbQ==",
       "foi3NQW9yi4yFA3Gna6/8q6hAx0Jvub43g58KXQUqovqpx9aNeay9cu6Zdh49Z0RrBrUsLBC944vRB+lUp7E+Q=="}};
  static const char challenge[] = "{\"event\":\"challenge\",\"message\":\"c100b894-1729-464d-ace1-52dbce11db42\"}";
  bourse_topic fills = topic_of(KRAKEN_FUTURES_FILLS, "");
  const bourse_topic *one = &fills;
  for (size_t i = 0; i < 2; i++) {
    wire w;
    char expected[600];
    wire_open(&w, KRAKEN_SOCKET_FUTURES_ACCOUNT);
    CHECK_INT(bourse__signer_new(&w.link.seen.signer, NULL, vectors[i][0], strlen(vectors[i][0]), BOURSE__SECRET_BASE64,
                                 NULL, 0),
              BOURSE_OK);
    bourse_text_init(&w.text, w.link.seen.arena);
    CHECK_INT(bourse__kraken_stream.login(&w.link.seen, &w.text), BOURSE_OK);
    CHECK_STR(bourse_text_finish(&w.text), "{\"event\":\"challenge\",\"api_key\":\"key-1\"}");
    CHECK_INT(bourse__kraken_stream.receive(&w.link.seen, challenge, sizeof challenge - 1), BOURSE_OK);
    for (int32_t on = 1; on >= 0; on--) {
      snprintf(expected, sizeof expected,
               "{\"event\":\"%s\",\"feed\":\"fills\",\"api_key\":\"key-1\",\"original_challenge\":"
               "\"c100b894-1729-464d-ace1-52dbce11db42\",\"signed_challenge\":\"%s\"}",
               on ? "subscribe" : "unsubscribe", vectors[i][1]);
      CHECK_STR(subscribe(&w, on, &one, 1, 1), expected);
    }
    wire_close(&w);
  }
}

TEST(pings) {
  wire w;
  wire_open(&w, KRAKEN_SOCKET_MARKET);
  bourse_text_init(&w.text, w.link.seen.arena);
  CHECK_INT(bourse__kraken_stream.ping(&w.link.seen, 12, &w.text), BOURSE_OK);
  CHECK_STR(bourse_text_finish(&w.text), "{\"method\":\"ping\",\"req_id\":12}");
  wire_close(&w);
  wire_open(&w, KRAKEN_SOCKET_FUTURES);
  bourse_text_init(&w.text, w.link.seen.arena);
  CHECK_INT(bourse__kraken_stream.ping(&w.link.seen, 12, &w.text), BOURSE_OK);
  CHECK_INT(w.text.length, 0); /* a WebSocket ping */
  wire_close(&w);
}

/* --- Topics --- */

static int32_t make_topic(uint32_t channel, const bourse_market *market, uint32_t limit, const char *timeframe,
                          bourse_topic *topic) {
  bourse_request request = BOURSE_REQUEST_INIT(bourse__kraken_channels[channel].operation);
  bourse__failure failure;
  bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 256);
  static char id[64];
  request.limit = limit;
  request.timeframe = timeframe;
  bourse__failure_clear(&failure);
  bourse_watch_call call = {.adapter = &bourse__kraken_adapter,
                            .request = &request,
                            .market = market,
                            .operation = request.operation,
                            .product = BOURSE_PRODUCT_SPOT,
                            .arena = arena,
                            .failure = &failure};
  *topic = topic_of(channel, market->id);
  int32_t code = bourse__kraken_stream.topic(&call, topic);
  snprintf(id, sizeof id, "%s", topic->id);
  topic->id = id;
  bourse__arena_free(arena);
  return code;
}

TEST(topics) {
  static const struct {
    uint32_t wanted;
    uint32_t depth;
  } depths[] = {{0, 10}, {1, 10}, {10, 10}, {11, 25}, {26, 100}, {101, 500}, {501, 1000}, {1000, 1000}};
  bourse_market bitcoin = {.symbol = "BTC/USD", .id = "XXBTZUSD", .base = "BTC", .quote = "USD"};
  bourse_market luna = {.symbol = "LUNC/USD", .id = "LUNAUSD", .base = "LUNC", .quote = "USD"};
  bourse_topic topic;
  for (size_t i = 0; i < sizeof depths / sizeof depths[0]; i++) {
    CHECK_INT(make_topic(KRAKEN_BOOK, &bitcoin, depths[i].wanted, NULL, &topic), BOURSE_OK);
    CHECK_INT(topic.depth, depths[i].depth);
    CHECK_INT(topic.keep_depth, depths[i].depth);
    CHECK_STR(topic.id, "BTC/USD");
  }
  CHECK_INT(make_topic(KRAKEN_BOOK, &bitcoin, 1001, NULL, &topic), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(make_topic(KRAKEN_CANDLES, &luna, 0, "1h", &topic), BOURSE_OK);
  CHECK_STR(topic.qualifier, "60");
  CHECK_STR(topic.id, "LUNA/USD");
  CHECK_INT(make_topic(KRAKEN_CANDLES, &bitcoin, 0, "2h", &topic), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(make_topic(KRAKEN_CANDLES, &bitcoin, 0, NULL, &topic), BOURSE_ERROR_ARGUMENT);
}

/* --- Messages from the exchange --- */

#define SEEN_MAX 32

typedef struct seen {
  int32_t kind;
  int32_t operation;
  int32_t gap;
  uint32_t count;
  uint32_t flags;
  union {
    bourse_ticker ticker;
    bourse_trade trade;
    bourse_candle candle;
    bourse_order order;
    bourse_fill fill;
    bourse_balance balance;
    bourse_position position;
  } first, last;
  char texts[4][64];
} seen;

typedef struct stage {
  bourse_context *context;
  bourse_exchange *exchange;
  bourse_replay *replay;
  bourse_replay_summary summary;
  seen events[SEEN_MAX];
  uint32_t count;
} stage;

static void keep(char *text, const char *from) { snprintf(text, 64, "%s", from == NULL ? "" : from); }

/* Decimals and numbers of the first and the last record, and texts of the first. */
static void on_event(void *user_data, const bourse_stream_event *event) {
  stage *s = user_data;
  if (s->count == SEEN_MAX || event->kind == BOURSE_STREAM_STATE) return;
  seen *e = &s->events[s->count++];
  memset(e, 0, sizeof *e);
  e->kind = event->kind;
  e->operation = event->operation;
  e->gap = event->gap_kind;
  e->count = event->count;
  e->flags = event->flags;
  if (event->count == 0 || event->record_size > sizeof e->first) return;
  memcpy(&e->first, bourse_stream_event_record(event, 0), event->record_size);
  memcpy(&e->last, bourse_stream_event_record(event, event->count - 1), event->record_size);
  switch (event->record_kind) {
    case BOURSE_KIND_ORDER:
      keep(e->texts[0], e->first.order.id);
      keep(e->texts[1], e->first.order.client_order_id);
      keep(e->texts[2], e->first.order.native_status);
      keep(e->texts[3], e->first.order.reason);
      break;
    case BOURSE_KIND_FILL:
      keep(e->texts[0], e->first.fill.id);
      keep(e->texts[1], e->first.fill.order_id);
      keep(e->texts[2], e->first.fill.fee_currency);
      keep(e->texts[3], e->first.fill.market_id);
      break;
    case BOURSE_KIND_TRADE: keep(e->texts[0], e->first.trade.id); break;
    case BOURSE_KIND_BALANCE: keep(e->texts[0], e->first.balance.currency); break;
    case BOURSE_KIND_POSITION: keep(e->texts[0], e->first.position.market_id); break;
    default: break;
  }
}

static void stage_open(stage *s, int32_t product) {
  bourse_options options = BOURSE_OPTIONS_INIT;
  memset(s, 0, sizeof *s);
  s->summary.struct_size = sizeof s->summary;
  options.product = product;
  CHECK_INT(bourse_context_new(&s->context, NULL), BOURSE_OK);
  CHECK_INT(bourse_open(&s->exchange, s->context, "kraken", &options), BOURSE_OK);
  CHECK_INT(bourse_replay_new(&s->replay, s->exchange, on_event, s), BOURSE_OK);
  CHECK_INT(bourse_replay_open(s->replay, 1, NULL, product), BOURSE_OK);
}

static void stage_close(stage *s) {
  bourse_replay_free(s->replay);
  bourse_close(s->exchange);
  bourse_context_free(s->context);
}

static int32_t feed(stage *s, const char *message) {
  int32_t code = bourse_replay_message(s->replay, 1, message, strlen(message), 1);
  bourse_replay_summarize(s->replay, &s->summary);
  return code;
}

static const char *text_of(const bourse_decimal *value) {
  static char texts[8][BOURSE_DECIMAL_TEXT_SIZE];
  static uint32_t turn;
  char *text = texts[turn++ % 8];
  bourse_decimal_format(text, BOURSE_DECIMAL_TEXT_SIZE, value);
  return text;
}

/* The example of the exchange's guide to the checksum of WebSocket v2, and the update after it. */
static const char matic[] =
    "{\"channel\":\"book\",\"type\":\"snapshot\",\"data\":[{\"symbol\":\"MATIC/USD\",\"bids\":["
    "{\"price\":0.5666,\"qty\":4831.75496356},{\"price\":0.5665,\"qty\":6658.22734739},"
    "{\"price\":0.5664,\"qty\":18724.91513344},{\"price\":0.5663,\"qty\":11563.92544914},"
    "{\"price\":0.5662,\"qty\":14006.65365711},{\"price\":0.5661,\"qty\":17454.85679807},"
    "{\"price\":0.5660,\"qty\":18097.15470000},{\"price\":0.5659,\"qty\":33644.89175666},"
    "{\"price\":0.5658,\"qty\":148.34640000},{\"price\":0.5657,\"qty\":606.70854372}],\"asks\":["
    "{\"price\":0.5668,\"qty\":4410.79769741},{\"price\":0.5669,\"qty\":4655.40412487},"
    "{\"price\":0.5670,\"qty\":49844.89424998},{\"price\":0.5671,\"qty\":24306.41678000},"
    "{\"price\":0.5672,\"qty\":29783.25223475},{\"price\":0.5673,\"qty\":57234.71239278},"
    "{\"price\":0.5674,\"qty\":45065.04744000},{\"price\":0.5675,\"qty\":5912.76380354},"
    "{\"price\":0.5676,\"qty\":42514.92434778},{\"price\":0.5677,\"qty\":36304.08470220}],"
    "\"checksum\":2439117997}]}";

#define MATIC_UPDATE(checksum_)                                                                                  \
  "{\"channel\":\"book\",\"type\":\"update\",\"data\":[{\"symbol\":\"MATIC/USD\",\"bids\":[{\"price\":5.657e-1," \
  "\"qty\":1098.39475580}],\"asks\":[],\"checksum\":" checksum_ ",\"timestamp\":\"2023-10-06T17:35:55.440295Z\"}]}"

TEST(books_are_held_to_their_checksums) {
  stage s;
  stage_open(&s, BOURSE_PRODUCT_SPOT);
  CHECK_INT(feed(&s, matic), BOURSE_OK);
  CHECK_INT(feed(&s, MATIC_UPDATE("2114181697")), BOURSE_OK);
  CHECK_INT(s.summary.book_updates, 2);
  CHECK_INT(s.summary.gaps, 0);
  CHECK_INT(feed(&s, MATIC_UPDATE("2114181698")), BOURSE_OK);
  CHECK_INT(s.summary.checksum_failures, 1);
  CHECK_INT(s.events[s.count - 1].kind, BOURSE_STREAM_GAP);
  CHECK_INT(s.events[s.count - 1].gap, BOURSE_GAP_CHECKSUM);
  CHECK_INT(feed(&s, matic), BOURSE_OK);
  CHECK_INT(s.summary.book_updates, 3);
  stage_close(&s);
}

TEST(data_may_stand_before_its_channel) {
  stage s;
  stage_open(&s, BOURSE_PRODUCT_SPOT);
  CHECK_INT(feed(&s,
                 "{\"data\":[{\"timestamp\":\"2024-01-01T00:00:00.5Z\",\"trade_id\":9,\"qty\":2.50,\"price\":5.1e-05,"
                 "\"side\":\"sell\",\"symbol\":\"A/B\"}],\"type\":\"update\",\"channel\":\"trade\"}"),
            BOURSE_OK);
  CHECK_INT(s.count, 1);
  CHECK_INT(s.events[0].operation, BOURSE_OP_WATCH_TRADES);
  CHECK_STR(s.events[0].texts[0], "9");
  CHECK_STR(text_of(&s.events[0].first.trade.price), "0.000051");
  CHECK_STR(text_of(&s.events[0].first.trade.amount), "2.50");
  CHECK_STR(text_of(&s.events[0].first.trade.cost), "0.00012750");
  CHECK_INT(s.events[0].first.trade.side, BOURSE_SIDE_SELL);
  CHECK_INT(s.events[0].first.trade.time_ns, INT64_C(1704067200500000000));
  stage_close(&s);
}

TEST(runs_of_one_market_go_together) {
#define TRADE(symbol_, id_)                                                                                     \
  "{\"symbol\":\"" symbol_ "\",\"side\":\"buy\",\"price\":1,\"qty\":1,\"ord_type\":\"limit\",\"trade_id\":" id_ \
  ",\"timestamp\":\"2024-01-01T00:00:00Z\"}"
  stage s;
  stage_open(&s, BOURSE_PRODUCT_SPOT);
  CHECK_INT(feed(&s, "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[" TRADE("A/B", "1") "," TRADE(
                         "A/B", "2") "," TRADE("A/B", "3") "," TRADE("C/D", "4") "," TRADE("A/B", "5") "]}"),
            BOURSE_OK);
  CHECK_INT(s.count, 3);
  CHECK_INT(s.events[0].count, 3);
  CHECK_STR(s.events[0].texts[0], "1");
  CHECK_INT(s.events[1].count, 1);
  CHECK_STR(s.events[1].texts[0], "4");
  CHECK_STR(s.events[2].texts[0], "5");
  CHECK_INT(s.summary.records, 5);
  stage_close(&s);
}

#define CANDLE(minute_, close_, volume_)                                                                      \
  "{\"symbol\":\"A/B\",\"open\":1,\"high\":9,\"low\":1,\"close\":" close_ ",\"trades\":3,\"volume\":" volume_ \
  ",\"vwap\":1,\"interval_begin\":\"2024-01-01T00:0" minute_ ":00.000000000Z\",\"interval\":1}"
#define CANDLES(type_, candles_) "{\"channel\":\"ohlc\",\"type\":\"" type_ "\",\"data\":[" candles_ "]}"

TEST(a_candle_is_closed_when_the_next_begins) {
  stage s;
  stage_open(&s, BOURSE_PRODUCT_SPOT);
  CHECK_INT(feed(&s, CANDLES("snapshot", CANDLE("1", "2", "10") "," CANDLE("2", "3", "11"))), BOURSE_OK);
  CHECK_INT(s.events[0].count, 2);
  CHECK_INT(s.events[0].flags, BOURSE_STREAM_SNAPSHOT);
  CHECK_INT(s.events[0].first.candle.closed, BOURSE_YES);
  CHECK_INT(s.events[0].last.candle.closed, BOURSE_NO);
  CHECK_INT(feed(&s, CANDLES("update", CANDLE("2", "4", "12"))), BOURSE_OK);
  CHECK_INT(s.events[1].count, 1);
  CHECK_INT(s.events[1].first.candle.closed, BOURSE_NO);
  CHECK_INT(feed(&s, CANDLES("update", CANDLE("3", "5", "1"))), BOURSE_OK);
  CHECK_INT(s.events[2].count, 2);
  CHECK_INT(s.events[2].first.candle.closed, BOURSE_YES);
  CHECK_STR(text_of(&s.events[2].first.candle.close), "4");
  CHECK_STR(text_of(&s.events[2].first.candle.volume), "12");
  CHECK_INT(s.events[2].last.candle.closed, BOURSE_NO);
  CHECK_INT(s.events[2].last.candle.time_ns, INT64_C(1704067380000000000));
  CHECK_INT(s.events[2].last.candle.close_time_ns, INT64_C(1704067440000000000));
  stage_close(&s);
}

#define EXECUTION(rest_) \
  "{\"channel\":\"executions\",\"type\":\"update\",\"data\":[{\"order_id\":\"O-1\"," rest_ "}],\"sequence\":2}"

TEST(reports_of_an_order_are_merged_and_fills_counted_once) {
  stage s;
  stage_open(&s, BOURSE_PRODUCT_SPOT);
  CHECK_INT(
      feed(&s, EXECUTION("\"cl_ord_id\":\"c-1\",\"symbol\":\"BTC/USD\",\"order_qty\":2.0,\"cum_cost\":0.0,"
                         "\"time_in_force\":\"GTC\",\"exec_type\":\"pending_new\",\"side\":\"buy\",\"order_type\":"
                         "\"limit\",\"limit_price\":100.10,\"order_status\":\"pending_new\",\"cum_qty\":0,"
                         "\"timestamp\":\"2024-01-01T00:00:00Z\"")),
      BOURSE_OK);
  CHECK_INT(
      feed(&s, EXECUTION("\"exec_type\":\"new\",\"order_status\":\"new\",\"timestamp\":\"2024-01-01T00:00:01Z\"")),
      BOURSE_OK);
  CHECK_INT(
      feed(&s, EXECUTION("\"exec_id\":\"T-1\",\"exec_type\":\"trade\",\"trade_id\":7,\"symbol\":\"BTC/USD\",\"side\":"
                         "\"buy\",\"last_qty\":2.0,\"last_price\":100.05,\"liquidity_ind\":\"m\",\"cost\":200.10,"
                         "\"cum_qty\":2.0,\"cum_cost\":200.10,\"avg_price\":100.05,\"order_status\":\"filled\","
                         "\"fees\":[{\"asset\":\"USD\",\"qty\":0.3}],\"timestamp\":\"2024-01-01T00:00:02Z\"")),
      BOURSE_OK);
  CHECK_INT(
      feed(&s,
           EXECUTION(
               "\"exec_id\":\"T-2\",\"exec_type\":\"filled\",\"order_status\":\"filled\",\"cum_qty\":2.0,\"timestamp\":"
               "\"2024-01-01T00:00:02Z\"")),
      BOURSE_OK);
  uint32_t fills = 0;
  const seen *last = NULL;
  for (uint32_t i = 0; i < s.count; i++) {
    if (s.events[i].operation == BOURSE_OP_WATCH_MY_TRADES) {
      fills++;
      CHECK_STR(s.events[i].texts[0], "T-1");
      CHECK_STR(s.events[i].texts[1], "O-1");
      CHECK_STR(s.events[i].texts[2], "USD");
      CHECK_STR(text_of(&s.events[i].first.fill.fee), "0.3");
      CHECK_INT(s.events[i].first.fill.role, BOURSE_MAKER);
    } else {
      last = &s.events[i];
    }
  }
  CHECK_INT(fills, 1);
  CHECK(last != NULL);
  if (last != NULL) {
    CHECK_STR(last->texts[1], "c-1");
    CHECK_INT(last->first.order.status, BOURSE_ORDER_FILLED);
    CHECK_STR(text_of(&last->first.order.price), "100.10");
    CHECK_STR(text_of(&last->first.order.amount), "2.0");
    CHECK_STR(text_of(&last->first.order.filled), "2.0");
    CHECK_STR(text_of(&last->first.order.remaining), "0.0");
    CHECK_STR(text_of(&last->first.order.average), "100.05");
    CHECK_INT(last->first.order.type, BOURSE_ORDER_LIMIT);
  }
  stage_close(&s);
}

TEST(an_order_that_waits_for_its_price_stays_so) {
  stage s;
  stage_open(&s, BOURSE_PRODUCT_SPOT);
  CHECK_INT(
      feed(&s, EXECUTION("\"symbol\":\"BTC/USD\",\"order_qty\":2.0,\"exec_type\":\"pending_new\",\"side\":\"sell\","
                         "\"order_type\":\"stop-loss-limit\",\"triggers\":{\"price\":0.2,\"price_type\":\"static\","
                         "\"reference\":\"index\",\"status\":\"untriggered\"},\"limit_price\":0.19,\"order_status\":"
                         "\"pending_new\",\"timestamp\":\"2024-01-01T00:00:00Z\"")),
      BOURSE_OK);
  CHECK_INT(
      feed(&s, EXECUTION("\"exec_type\":\"new\",\"order_status\":\"new\",\"timestamp\":\"2024-01-01T00:00:01Z\"")),
      BOURSE_OK);
  CHECK_INT(s.count, 2);
  CHECK_INT(s.events[1].first.order.status, BOURSE_ORDER_UNTRIGGERED);
  CHECK_INT(s.events[1].first.order.conditional, BOURSE_YES);
  CHECK_INT(s.events[1].first.order.trigger_by, BOURSE_PRICE_INDEX);
  CHECK_STR(text_of(&s.events[1].first.order.stop_loss_price), "0.2");
  CHECK_INT(
      feed(&s, EXECUTION("\"exec_type\":\"status\",\"order_status\":\"new\",\"triggers\":{\"status\":\"triggered\"},"
                         "\"timestamp\":\"2024-01-01T00:00:02Z\"")),
      BOURSE_OK);
  CHECK_INT(s.events[2].first.order.status, BOURSE_ORDER_OPEN);
  stage_close(&s);
}

TEST(balances_by_wallet) {
  stage s;
  stage_open(&s, BOURSE_PRODUCT_SPOT);
  CHECK_INT(
      feed(&s,
           "{\"channel\":\"balances\",\"type\":\"snapshot\",\"data\":[{\"asset\":\"BTC\",\"asset_class\":\"currency\","
           "\"balance\":3.5,\"wallets\":[{\"type\":\"spot\",\"id\":\"main\",\"balance\":1.0},{\"type\":\"earn\",\"id\":"
           "\"flexible\",\"balance\":2.0},{\"type\":\"earn\",\"id\":\"bonded\",\"balance\":0.5}]}],\"sequence\":1}"),
      BOURSE_OK);
  CHECK_INT(s.events[0].count, 2);
  CHECK_STR(s.events[0].texts[0], "BTC");
  CHECK_STR(text_of(&s.events[0].first.balance.total), "1.0");
  CHECK_INT(s.events[0].first.balance.wallet, BOURSE_WALLET_SPOT);
  CHECK_STR(text_of(&s.events[0].last.balance.total), "2.5");
  CHECK_INT(s.events[0].last.balance.wallet, BOURSE_WALLET_EARN);
  stage_close(&s);
}

TEST(what_is_said_besides) {
  static const char *const understood[] = {
      "{\"channel\":\"heartbeat\"}",
      "{\"channel\":\"status\",\"data\":[{\"api_version\":\"v2\",\"connection_id\":18266300427528990701,\"system\":"
      "\"online\",\"version\":\"2.0.4\"}],\"type\":\"update\"}",
      "{\"method\":\"pong\",\"req_id\":18446744073709551615,\"time_in\":\"x\",\"time_out\":\"y\"}",
      "{\"channel\":\"level3\",\"type\":\"update\",\"data\":[{\"symbol\":\"A/B\",\"bids\":[],\"asks\":[]}]}",
      "{\"error\":\"Currency pair not supported "
      "W/U\",\"method\":\"subscribe\",\"req_id\":0,\"success\":false,\"symbol\":\"W/U\"}",
      "{\"error\":[],\"result\":{\"count\":1}}"};
  static const char *const not_understood[] = {
      "Invalid request",
      "",
      "[1,{},\"book-10\",\"XBT/USD\"]",
      "{}",
      "{\"channel\":\"new\"}",
      "{\"method\":\"new\"}",
      "{\"channel\":\"book\",\"type\":\"update\",\"data\":[{\"symbol\":\"A/B\"}]}",
      "{\"channel\":\"trade\",\"type\":\"update\",\"data\":[{\"symbol\":\"A/B\""};
  stage s;
  stage_open(&s, BOURSE_PRODUCT_SPOT);
  for (size_t i = 0; i < sizeof understood / sizeof understood[0]; i++)
    if (feed(&s, understood[i]) != BOURSE_OK) TEST_FAIL("refused: %s", understood[i]);
  for (size_t i = 0; i < sizeof not_understood / sizeof not_understood[0]; i++)
    if (feed(&s, not_understood[i]) != BOURSE_ERROR_BAD_REPLY) TEST_FAIL("accepted: %s", not_understood[i]);
  CHECK_INT(s.summary.records, 0);
  stage_close(&s);
}

/* --- Futures --- */

#define LEVEL(side_, sequence_, price_, amount_)                                                                   \
  "{\"feed\":\"book\",\"product_id\":\"PI_XBTUSD\",\"side\":\"" side_ "\",\"seq\":" sequence_ ",\"price\":" price_ \
  ",\"qty\":" amount_ ",\"timestamp\":1612269953629}"

TEST(futures_books_count) {
  stage s;
  stage_open(&s, BOURSE_PRODUCT_INVERSE);
  CHECK_INT(feed(&s,
                 "{\"feed\":\"book_snapshot\",\"product_id\":\"PI_XBTUSD\",\"timestamp\":1612269825817,\"seq\":5,"
                 "\"tickSize\":null,\"bids\":[{\"price\":34892.5,\"qty\":6385},{\"price\":34892,\"qty\":0}],"
                 "\"asks\":[{\"price\":34911.5,\"qty\":20598}]}"),
            BOURSE_OK);
  CHECK_INT(feed(&s, LEVEL("sell", "6", "34911.5", "0")), BOURSE_OK);
  CHECK_INT(feed(&s, LEVEL("buy", "7", "34893", "2e3")), BOURSE_OK);
  CHECK_INT(feed(&s,
                 "{\"timestamp\":1612269953629,\"qty\":5,\"price\":34894,\"seq\":8,\"side\":\"buy\","
                 "\"product_id\":\"PI_XBTUSD\",\"feed\":\"book\"}"),
            BOURSE_OK);
  CHECK_INT(s.summary.book_updates, 4);
  CHECK_INT(s.summary.gaps, 0);
  CHECK_INT(feed(&s, LEVEL("buy", "10", "34893", "1")), BOURSE_OK);
  CHECK_INT(s.summary.gaps, 1);
  CHECK_INT(s.events[s.count - 1].gap, BOURSE_GAP_SEQUENCE);
  CHECK_INT(feed(&s, LEVEL("hold", "11", "34893", "1")), BOURSE_ERROR_BAD_REPLY);
  CHECK_INT(feed(&s, LEVEL("", "11", "34893", "1")), BOURSE_ERROR_BAD_REPLY);
  stage_close(&s);
}

/* Tickers tell their feed late. */
TEST(futures_messages_are_what_their_feed_says) {
  static const char *const bad[] = {"{\"time\":1,\"product_id\":\"PI_XBTUSD\",\"feed\":\"ticker\",\"bid\":1.5",
                                    "{\"time\":1,\"feed\":\"ticker\",\"bid\":1.5}",
                                    "{\"time\":1,\"product_id\":\"PI_XBTUSD\",\"feed\":\"ticker\",\"bid\":\"x\"}",
                                    "{\"time\":1,\"product_id\":\"PI_XBTUSD\",\"feed\":\"ticker\",\"feed\":\"ticker\"}",
                                    "{\"time\":1,\"product_id\":\"PI_XBTUSD\",\"feed\":\"tick\"}",
                                    "{\"time\":1,\"product_id\":\"PI_XBTUSD\",\"bid\":1.5}"};
  stage s;
  stage_open(&s, BOURSE_PRODUCT_INVERSE);
  CHECK_INT(feed(&s, "{\"time\":1,\"product_id\":\"PI_XBTUSD\",\"feed\":\"ticker\",\"bid\":1.5}"), BOURSE_OK);
  CHECK_INT(s.summary.records, 1);
  CHECK_INT(feed(&s, "{\"feed\":\"ticker\",\"bid\":1.5,\"product_id\":\"PI_XBTUSD\",\"time\":1}"), BOURSE_OK);
  CHECK_INT(s.summary.records, 2);
  CHECK_INT(feed(&s, "{\"time\":1,\"feed\":\"heartbeat\"}"), BOURSE_OK);
  CHECK_INT(s.summary.records, 2);
  CHECK_INT(feed(&s,
                 "{\"time\":1,\"feed\":\"trade\",\"product_id\":\"PI_XBTUSD\",\"uid\":\"u\",\"side\":\"buy\","
                 "\"type\":\"fill\",\"seq\":1,\"qty\":1,\"price\":2}"),
            BOURSE_OK);
  CHECK_INT(s.summary.records, 3);
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    if (feed(&s, bad[i]) != BOURSE_ERROR_BAD_REPLY) TEST_FAIL("accepted: %s", bad[i]);
  CHECK_INT(s.summary.records, 3);
  stage_close(&s);
}

TEST(futures_orders_tell_what_is_left) {
  static const struct {
    const char *reason;
    int32_t status;
  } reasons[] = {{"cancelled_by_user", BOURSE_ORDER_CANCELED},
                 {"full_fill", BOURSE_ORDER_FILLED},
                 {"post_order_failed_because_it_would_filled", BOURSE_ORDER_REJECTED},
                 {"post_order_failed_because_it_would_be_filled", BOURSE_ORDER_REJECTED},
                 {"stop_order_triggered", BOURSE_ORDER_TRIGGERED},
                 {"something_new", BOURSE_ORDER_UNKNOWN}};
  stage s;
  stage_open(&s, BOURSE_PRODUCT_LINEAR);
  CHECK_INT(feed(&s,
                 "{\"feed\":\"open_orders_verbose\",\"order\":{\"instrument\":\"PF_XBTUSD\",\"time\":1775831958755,"
                 "\"last_update_time\":1775831973330,\"qty\":0.3,\"filled\":0.0001,\"limit_price\":73110.0,"
                 "\"stop_price\":0.0,\"type\":\"limit\",\"order_id\":\"o-1\",\"cli_ord_id\":\"c-1\",\"direction\":1,"
                 "\"reduce_only\":true},\"is_cancel\":false,\"reason\":\"partial_fill\"}"),
            BOURSE_OK);
  const bourse_order *order = &s.events[0].first.order;
  CHECK_STR(text_of(&order->amount), "0.3001");
  CHECK_STR(text_of(&order->filled), "0.0001");
  CHECK_STR(text_of(&order->remaining), "0.3");
  CHECK_INT(order->side, BOURSE_SIDE_SELL);
  CHECK_INT(order->status, BOURSE_ORDER_OPEN);
  CHECK_INT(order->reduce_only, BOURSE_YES);
  for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
    char message[300];
    snprintf(message, sizeof message,
             "{\"feed\":\"open_orders\",\"order_id\":\"x-%zu\",\"is_cancel\":true,\"reason\":\"%s\"}", i,
             reasons[i].reason);
    CHECK_INT(feed(&s, message), BOURSE_OK);
    CHECK_INT(s.events[s.count - 1].first.order.status, reasons[i].status);
    CHECK_STR(s.events[s.count - 1].texts[2], reasons[i].reason);
  }
  stage_close(&s);
}

TEST(futures_positions_and_balances_are_whole_states) {
  stage s;
  stage_open(&s, BOURSE_PRODUCT_LINEAR);
  CHECK_INT(feed(&s,
                 "{\"feed\":\"open_positions\",\"account\":\"a\",\"positions\":[{\"instrument\":\"PF_XBTUSD\","
                 "\"balance\":-0.04,"
                 "\"pnl\":1.5,\"entry_price\":26911.75,\"mark_price\":27000,\"liquidation_threshold\":0,"
                 "\"effective_leverage\":0.5,\"pnl_currency\":\"USD\"}],\"seq\":4,\"timestamp\":1612269953629}"),
            BOURSE_OK);
  CHECK_INT(s.events[0].operation, BOURSE_OP_WATCH_POSITIONS);
  CHECK_INT(s.events[0].flags, BOURSE_STREAM_SNAPSHOT);
  CHECK_INT(s.events[0].first.position.side, BOURSE_POSITION_SHORT);
  CHECK_STR(text_of(&s.events[0].first.position.amount), "0.04");
  CHECK_STR(text_of(&s.events[0].first.position.liquidation_price), "");
  CHECK_INT(feed(&s, "{\"feed\":\"open_positions\",\"account\":\"a\",\"positions\":[]}"), BOURSE_OK);
  CHECK_INT(s.count, 2);
  CHECK_INT(s.events[1].count, 0);
  CHECK_INT(feed(&s,
                 "{\"feed\":\"balances_snapshot\",\"account\":\"a\",\"holding\":{\"XBT\":0.12,\"USDT\":5},\"futures\":{"
                 "\"F-XBT:USD\":"
                 "{\"name\":\"F-XBT:USD\",\"unit\":\"XBT\",\"portfolio_value\":1.1,\"balance\":1.0,\"available\":0.75,"
                 "\"pnl\":0.1}},"
                 "\"flex_futures\":{\"currencies\":{\"USD\":{\"quantity\":100.50,\"value\":100.5,\"available\":90.25}},"
                 "\"portfolio_value\":100.5},\"timestamp\":1612269953629,\"seq\":0}"),
            BOURSE_OK);
  CHECK_INT(s.events[2].count, 4);
  CHECK_STR(s.events[2].texts[0], "BTC");
  CHECK_INT(s.events[2].first.balance.wallet, BOURSE_WALLET_FUNDING);
  CHECK_STR(text_of(&s.events[2].last.balance.used), "10.25");
  CHECK_INT(s.events[2].last.balance.wallet, BOURSE_WALLET_LINEAR);
  stage_close(&s);
}

TEST(liquidations_are_trades_too) {
  stage s;
  stage_open(&s, BOURSE_PRODUCT_LINEAR);
  CHECK_INT(
      feed(
          &s,
          "{\"feed\":\"trade\",\"product_id\":\"PF_XBTUSD\",\"uid\":\"u-1\",\"side\":\"sell\",\"type\":\"liquidation\","
          "\"seq\":1,\"time\":1612266317519,\"qty\":0.5,\"price\":34969.5}"),
      BOURSE_OK);
  CHECK_INT(s.count, 2);
  CHECK_INT(s.events[0].operation, BOURSE_OP_WATCH_TRADES);
  CHECK_INT(s.events[1].operation, BOURSE_OP_WATCH_LIQUIDATIONS);
  CHECK_STR(text_of(&s.events[1].first.trade.cost), "17484.75");
  CHECK_INT(feed(&s,
                 "{\"feed\":\"trade\",\"product_id\":\"PF_XBTUSD\",\"uid\":\"u-2\",\"side\":\"sell\",\"type\":\"fill\","
                 "\"seq\":2,\"time\":1612266317519,\"qty\":0.5,\"price\":34969.5}"),
            BOURSE_OK);
  CHECK_INT(s.count, 3);
  stage_close(&s);
}

TEST_MAIN()
