/* test_coinbase_stream.c - numbers are the connection's: one that is missing may have been of any book, and all are begun anew;
 * what came before tells nothing. What is sent to subscribe; which message of several events is one step of a book. */
#include <bourse.h>
#include <bourse/sys/replay.h>

#include "api/streaming.h"
#include "core/arena.h"
#include "exchange/coinbase/stream.h"
#include "test.h"

/* --- Messages to the exchange --- */

typedef struct wire {
  bourse__link link;
  bourse_text text;
} wire;

static void wire_open(wire *w, uint32_t socket) {
  memset(w, 0, sizeof *w);
  w->link.seen.adapter = &bourse__coinbase_adapter;
  w->link.seen.socket = &bourse__coinbase_stream.sockets[socket];
  w->link.seen.arena = bourse__arena_new(&bourse__default_allocator, 4096);
}

static const char *subscribe(wire *w, int32_t on, const bourse_topic *const *topics, uint32_t count) {
  bourse_text_init(&w->text, w->link.seen.arena);
  CHECK_INT(bourse__coinbase_stream.subscribe(&w->link.seen, on, topics, count, 1, &w->text), BOURSE_OK);
  return bourse_text_finish(&w->text);
}

static bourse_topic topic_of(uint32_t channel, const char *id) {
  bourse_topic topic = {.channel = &bourse__coinbase_channels[channel], .id = id, .qualifier = "", .name = ""};
  return topic;
}

TEST(subscriptions) {
  wire w;
  bourse_topic a = topic_of(COINBASE_BOOK, "BTC-USD"), b = topic_of(COINBASE_BOOK, "BIP-20DEC30-CDE");
  const bourse_topic *two[] = {&a, &b};
  wire_open(&w, COINBASE_SOCKET_MARKET);
  bourse_text_init(&w.text, w.link.seen.arena);
  CHECK_INT(bourse__coinbase_stream.login(&w.link.seen, &w.text), BOURSE_OK);
  CHECK_STR(bourse_text_finish(&w.text), "{\"type\":\"subscribe\",\"channel\":\"heartbeats\"}");
  CHECK_STR(subscribe(&w, 1, two, 2),
            "{\"type\":\"subscribe\",\"channel\":\"level2\",\"product_ids\":[\"BTC-USD\",\"BIP-20DEC30-CDE\"]}");
  CHECK_STR(subscribe(&w, 0, two, 1),
            "{\"type\":\"unsubscribe\",\"channel\":\"level2\",\"product_ids\":[\"BTC-USD\"]}");
  bourse__arena_free(w.link.seen.arena);
}

/* --- Messages from the exchange --- */

typedef struct stage {
  bourse_context *context;
  bourse_exchange *exchange;
  bourse_replay *replay;
  bourse_replay_summary summary;
  const bourse_stream *books;
  uint32_t gaps;
  int64_t expected, found; /* of the last gap */
} stage;

static void on_event(void *user_data, const bourse_stream_event *event) {
  stage *s = user_data;
  if (event->operation == BOURSE_OP_WATCH_ORDER_BOOK) s->books = event->stream;
  if (event->kind != BOURSE_STREAM_GAP) return;
  s->gaps++;
  s->expected = event->gap_expected;
  s->found = event->gap_found;
}

static void stage_open(stage *s) {
  bourse_options options = BOURSE_OPTIONS_INIT;
  memset(s, 0, sizeof *s);
  s->summary.struct_size = sizeof s->summary;
  options.product = BOURSE_PRODUCT_SPOT;
  CHECK_INT(bourse_context_new(&s->context, NULL), BOURSE_OK);
  CHECK_INT(bourse_open(&s->exchange, s->context, "coinbase", &options), BOURSE_OK);
  CHECK_INT(bourse_replay_new(&s->replay, s->exchange, on_event, s), BOURSE_OK);
  CHECK_INT(bourse_replay_open(s->replay, 1, NULL, BOURSE_PRODUCT_SPOT), BOURSE_OK);
}

static void stage_close(stage *s) {
  bourse_replay_free(s->replay);
  bourse_close(s->exchange);
  bourse_context_free(s->context);
}

static void feed(stage *s, const char *message) {
  CHECK_INT(bourse_replay_message(s->replay, 1, message, strlen(message), 1), BOURSE_OK);
  bourse_replay_summarize(s->replay, &s->summary);
}

#define LEVEL(side_, price_, amount_)                                                         \
  "{\"side\":\"" side_ "\",\"event_time\":\"2025-10-09T08:53:20Z\",\"price_level\":\"" price_ \
  "\",\"new_quantity\":\"" amount_ "\"}"
#define EVENT(type_, id_, levels_) "{\"type\":\"" type_ "\",\"product_id\":\"" id_ "\",\"updates\":[" levels_ "]}"
#define MESSAGE(channel_, number_, events_)                                                          \
  "{\"channel\":\"" channel_                                                                         \
  "\",\"client_id\":\"\",\"timestamp\":\"2025-10-09T08:53:20.123456789Z\",\"sequence_num\":" number_ \
  ",\"events\":[" events_ "]}"
#define BEGIN(id_)            EVENT("snapshot", id_, LEVEL("bid", "100", "1") "," LEVEL("offer", "101", "2"))
#define BOOK(number_, event_) MESSAGE("l2_data", number_, event_)
#define BEAT(number_)         MESSAGE("heartbeats", number_, "{\"current_time\":\"\",\"heartbeat_counter\":\"1\"}")

/* The best bid's amount; "" when the book cannot be read. */
static const char *best(const stage *s, const char *id) {
  static char text[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_level bid, ask;
  text[0] = '\0';
  if (s->books != NULL && bourse_book_best(&bid, &ask, s->books, id) == BOURSE_OK)
    bourse_decimal_format(text, sizeof text, &bid.amount);
  return text;
}

static void begin_two(stage *s) {
  stage_open(s);
  feed(s, BOOK("0", BEGIN("BTC-USD")));
  feed(s, BOOK("1", BEGIN("ETH-USD")));
  feed(s, BOOK("2", EVENT("update", "BTC-USD", LEVEL("bid", "100", "3"))));
  CHECK_STR(best(s, "BTC-USD"), "3");
  CHECK_STR(best(s, "ETH-USD"), "1");
}

TEST(numbers_are_those_of_all_channels) {
  stage s;
  begin_two(&s);
  feed(&s, BEAT("3"));
  feed(&s, MESSAGE("subscriptions", "4", "{\"subscriptions\":{\"level2\":[\"BTC-USD\"]}}"));
  feed(&s, MESSAGE("ticker", "5", "{\"type\":\"update\",\"tickers\":[]}"));
  feed(&s, BOOK("6", EVENT("update", "ETH-USD", LEVEL("bid", "100", "4"))));
  CHECK_INT(s.gaps, 0);
  CHECK_STR(best(&s, "ETH-USD"), "4");
  stage_close(&s);
}

TEST(a_missing_number_takes_all_books) {
  stage s;
  begin_two(&s);
  feed(&s, BEAT("4"));
  CHECK_INT(s.gaps, 2);
  CHECK_INT(s.expected, 3);
  CHECK_INT(s.found, 4);
  CHECK_STR(best(&s, "BTC-USD"), "");
  CHECK_STR(best(&s, "ETH-USD"), "");
  feed(&s, BOOK("5", EVENT("update", "BTC-USD", LEVEL("bid", "100", "5"))));
  CHECK_STR(best(&s, "BTC-USD"), "");
  feed(&s, BOOK("6", BEGIN("BTC-USD")));
  CHECK_STR(best(&s, "BTC-USD"), "1");
  CHECK_STR(best(&s, "ETH-USD"), "");
  feed(&s, BOOK("7", BEGIN("ETH-USD")));
  CHECK_STR(best(&s, "ETH-USD"), "1");
  CHECK_INT(s.gaps, 2);
  stage_close(&s);
}

TEST(the_message_that_shows_the_gap_may_begin_a_book_anew) {
  stage s;
  begin_two(&s);
  feed(&s, BOOK("9", BEGIN("BTC-USD")));
  CHECK_STR(best(&s, "BTC-USD"), "1");
  CHECK_STR(best(&s, "ETH-USD"), "");
  stage_close(&s);
}

TEST(what_came_before_tells_nothing) {
  stage s;
  begin_two(&s);
  feed(&s, BOOK("2", EVENT("update", "BTC-USD", LEVEL("bid", "100", "9"))));
  feed(&s, BOOK("0", BEGIN("BTC-USD")));
  CHECK_STR(best(&s, "BTC-USD"), "3");
  CHECK_INT(s.gaps, 0);
  stage_close(&s);
}

TEST(numbers_that_begin_again) {
  stage s;
  begin_two(&s);
  feed(&s, BEAT("0"));
  CHECK_STR(best(&s, "BTC-USD"), "3");
  feed(&s, BEAT("1"));
  CHECK_INT(s.gaps, 2);
  CHECK_STR(best(&s, "BTC-USD"), "");
  feed(&s, BOOK("2", BEGIN("BTC-USD")));
  CHECK_STR(best(&s, "BTC-USD"), "1");
  CHECK_INT(s.gaps, 2);
  stage_close(&s);
}

/* Updates of one message are taken together: between them the book may be crossed. */
TEST(several_events_of_one_book) {
  stage s;
  begin_two(&s);
  feed(&s, BOOK("3", EVENT("update", "BTC-USD", LEVEL("bid", "101", "7")) "," EVENT(
                         "update", "BTC-USD", LEVEL("offer", "101", "0") "," LEVEL("offer", "102", "2"))));
  CHECK_INT(s.gaps, 0);
  CHECK_STR(best(&s, "BTC-USD"), "7");
  stage_close(&s);
}

/* A message that cannot be read is a missing one. */
TEST(one_that_cannot_be_read_is_missing) {
  stage s;
  static const char broken[] = BOOK("3", EVENT("update", "BTC-USD", LEVEL("bid", "1x", "7")));
  begin_two(&s);
  CHECK_INT(bourse_replay_message(s.replay, 1, broken, sizeof broken - 1, 1), BOURSE_ERROR_BAD_REPLY);
  feed(&s, BEAT("4"));
  CHECK_INT(s.gaps, 2);
  CHECK_STR(best(&s, "BTC-USD"), "");
  stage_close(&s);
}

TEST_MAIN()
