/* Streams: links, topics, queues, reconciliation, requests over sockets. */
#include "stream_fake.h"

#define ONE(symbol_) (const char *const[]){symbol_}, 1
#define SENT(text_)  (strstr(world.sent, text_) != NULL)

static play_world world;

TEST(subscribes_in_batches_and_shards_by_the_limit_of_topics) {
  static const char *const symbols[] = {"A/B", "C/D", "E/F", "G/H"};
  bourse_stream_event event;
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, symbols, 4, 0, NULL);
  CHECK_INT(world.socket_count, 2); /* three topics a connection */
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_CONNECTING);
  play_accept(&world, 0);
  CHECK(SENT("0 {\"sub\":[\"trades:AB\",\"trades:CD\"],\"id\":1}\n0 {\"sub\":[\"trades:EF\"],\"id\":2}\n"));
  CHECK_INT(bourse_stream_state(stream, "A/B"), BOURSE_STREAM_SYNCING);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  CHECK_INT(bourse_stream_state(stream, "C/D"), BOURSE_STREAM_LIVE);
  CHECK_INT(bourse_stream_state(stream, "E/F"), BOURSE_STREAM_SYNCING);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":2}");
  play_accept(&world, 1);
  play_say(&world, 1, "{\"t\":\"ack\",\"id\":1}");
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
  play_say(&world, 0, "{\"t\":\"trade\",\"s\":\"EF\",\"trade\":\"7\"}");
  CHECK(play_until(stream, &event, BOURSE_STREAM_DATA));
  CHECK_STR(event.symbol, "E/F");
  CHECK_INT(event.received_ns, world.now_ns);
  CHECK_STR(((const bourse_trade *)bourse_stream_event_record(&event, 0))->id, "7");
  CHECK(bourse_stream_event_record(&event, 1) == NULL);
  /* Leaving: one symbol, then all. */
  CHECK_INT(bourse_stream_remove(stream, symbols, 1), BOURSE_OK);
  CHECK(SENT("0 {\"unsub\":[\"trades:AB\"],\"id\":3}\n"));
  CHECK_INT(bourse_stream_state(stream, "A/B"), 0);
  play_say(&world, 0, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"8\"}"); /* on its way still: nobody's */
  CHECK(!play_until(stream, &event, BOURSE_STREAM_DATA));
  CHECK_INT(bourse_stream_remove(stream, symbols, 1), BOURSE_ERROR_ARGUMENT);
  bourse_stream_close(stream);
  play_pass(&world, 2 * SECOND);
  CHECK(SENT("0 disconnect") && SENT("1 disconnect"));
  play_close(&world);
}

TEST(two_streams_share_a_topic) {
  play_open(&world);
  bourse_stream *a = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, NULL);
  bourse_stream *b = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("AB"), 0, NULL);
  bourse_stream_event event;
  CHECK_INT(world.socket_count, 1);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  play_say(&world, 0, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"7\"}");
  CHECK(play_until(a, &event, BOURSE_STREAM_DATA));
  CHECK(play_until(b, &event, BOURSE_STREAM_DATA));
  bourse_stream_close(a);
  CHECK(!SENT("unsub"));
  play_say(&world, 0, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"8\"}");
  CHECK(play_until(b, &event, BOURSE_STREAM_DATA));
  CHECK_INT(bourse_stream_add(b, (const char *const[]){"C/D"}, 1), BOURSE_OK);
  CHECK(SENT("0 {\"sub\":[\"trades:CD\"],\"id\":2}"));
  bourse_stream_close(b);
  CHECK(SENT("unsub"));
  play_close(&world);
}

/* Its connection lives on, and remembers which topics its last messages were of. */
TEST(a_topic_that_has_left_is_found_by_no_message_that_comes_late) {
  bourse_stream_event event;
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, (const char *[]){"A/B", "C/D"}, 2, 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  for (int turn = 0; turn < 3; turn++) {
    play_say(&world, 0, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"7\"}");
    CHECK(play_until(stream, &event, BOURSE_STREAM_DATA));
    CHECK_INT(bourse_stream_remove(stream, ONE("A/B")), BOURSE_OK);
    play_pass(&world, SECOND);
    play_say(&world, 0, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"8\"}");
    CHECK(!play_until(stream, &event, BOURSE_STREAM_DATA));
    CHECK_INT(bourse_stream_add(stream, ONE("A/B")), BOURSE_OK);
    play_pass(&world, SECOND);
    play_say(&world, 0, turn == 0 ? "{\"t\":\"ack\",\"id\":3}" : "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"9\"}");
    CHECK_INT(bourse_stream_state(stream, "A/B"), BOURSE_STREAM_LIVE);
    CHECK_INT(play_until(stream, &event, BOURSE_STREAM_DATA), turn > 0);
  }
  bourse_stream_close(stream);
  play_close(&world);
}

TEST(a_broken_connection_is_made_again_and_everything_subscribed) {
  bourse_stream_event event;
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  play_break(&world, 0);
  CHECK_INT(bourse_stream_state(stream, "A/B"), BOURSE_STREAM_STALE);
  CHECK(play_until(stream, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(event.error_code, BOURSE_ERROR_DISCONNECTED);
  CHECK(strstr(event.error->message, "cut") != NULL);
  play_pass(&world, 2 * SECOND);
  CHECK_INT(world.socket_count, 2);
  play_accept(&world, 1);
  CHECK(SENT("1 {\"sub\":[\"trades:AB\"],\"id\":2}"));
  play_say(&world, 1, "{\"t\":\"ack\",\"id\":2}");
  CHECK_INT(bourse_stream_state(stream, "A/B"), BOURSE_STREAM_LIVE);
  bourse_stream_close(stream);
  play_close(&world);
}

TEST(backoff_grows_and_a_thousand_reconnects_leave_nothing_behind) {
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, NULL);
  for (int i = 0; i < 1000; i++) {
    CHECK_INT(world.socket_count, i + 1);
    if (i % 3 == 0) play_accept(&world, i);
    play_break(&world, i);
    world.sent[0] = '\0';
    play_pass(&world, 61 * SECOND);
  }
  bourse_stream_close(stream);
  play_close(&world);
}

TEST(a_silent_connection_is_pinged_then_given_up) {
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  for (int i = 0; i < 25; i++) play_pass(&world, SECOND);
  CHECK(SENT("0 ping"));
  for (int i = 0; i < 45; i++) play_pass(&world, SECOND);
  CHECK(SENT("0 disconnect"));
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_STALE);
  bourse_stream_close(stream);
  play_close(&world);
}

TEST(a_silent_topic_is_stale_and_subscribed_again_by_itself) {
  bourse_stream_options options = BOURSE_STREAM_OPTIONS_INIT;
  play_open(&world);
  options.stale_after_ms = 5000;
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, &options);
  bourse_stream *other = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("C/D"), 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
  for (int i = 0; i < 8; i++) play_pass(&world, SECOND);
  CHECK_INT(bourse_stream_state(other, NULL), BOURSE_STREAM_LIVE);
  CHECK(bourse_stream_state(stream, NULL) != BOURSE_STREAM_LIVE);
  CHECK(SENT("{\"unsub\":[\"trades:AB\"]"));
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":3}");
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
  bourse_stream_close(stream);
  bourse_stream_close(other);
  play_close(&world);
}

TEST(an_unanswered_subscription_breaks_the_connection) {
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, NULL);
  play_accept(&world, 0);
  for (int i = 0; i < 15; i++) play_pass(&world, SECOND);
  CHECK(SENT("0 disconnect"));
  bourse_stream_close(stream);
  play_close(&world);
}

TEST(a_refused_subscription_closes_that_symbol_only) {
  static const char *const symbols[] = {"A/B", "C/D", "E/F"};
  bourse_stream_event event;
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, symbols, 3, 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":2,\"error\":\"no\"}");
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  CHECK(play_until(stream, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(event.error_code, BOURSE_ERROR_PERMISSION);
  CHECK_STR(event.error->exchange_code, "no");
  CHECK_INT(bourse_stream_state(stream, "E/F"), BOURSE_STREAM_CLOSED);
  CHECK_INT(bourse_stream_state(stream, "A/B"), BOURSE_STREAM_LIVE);
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
  bourse_stream_close(stream);
  play_close(&world);
}

TEST(an_unknown_symbol_is_an_error_event) {
  bourse_stream_event event;
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("X/Y"), 0, NULL);
  CHECK(play_until(stream, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(event.error_code, BOURSE_ERROR_UNKNOWN_SYMBOL);
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_CLOSED);
  CHECK_INT(world.socket_count, 0);
  bourse_stream_close(stream);
  play_close(&world);
}

static const bourse_options no_retries = {
    .struct_size = sizeof no_retries, .api_version = BOURSE_API_VERSION, .retry_limit = UINT32_MAX};

static bourse_http_reply answer(int32_t http_status, int32_t error) {
  return (bourse_http_reply){.struct_size = sizeof(bourse_http_reply),
                             .http_status = http_status,
                             .error = error,
                             .sent = BOURSE_YES,
                             .body = "",
                             .received_ns = SECOND};
}

/* The list of markets cannot be had for a while: it is asked for as connections are made. */
TEST(a_market_list_that_fails_in_passing_is_asked_for_again) {
  static const int32_t passing[][3] = {{0, BOURSE_ERROR_CONNECT, BOURSE_ERROR_CONNECT},
                                       {0, BOURSE_ERROR_RESOLVE, BOURSE_ERROR_RESOLVE},
                                       {0, BOURSE_ERROR_TIMEOUT, BOURSE_ERROR_TIMEOUT},
                                       {503, 0, BOURSE_ERROR_UNAVAILABLE},
                                       {429, 0, BOURSE_ERROR_RATE_LIMITED}};
  bourse_stream_event event;
  for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++) {
    play_open_with(&world, &no_retries);
    world.markets = answer(passing[i][0], passing[i][1]);
    bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, (const char *[]){"A/B", "C/D"}, 2, 0, NULL);
    for (int asked = 1; asked <= 4; asked++) {
      CHECK_INT(world.markets_asked, asked);
      CHECK(play_until(stream, &event, BOURSE_STREAM_ERROR));
      CHECK_INT(event.error_code, passing[i][2]);
      CHECK(!play_until(stream, &event, BOURSE_STREAM_ERROR));
      CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_CONNECTING);
      if (asked == 4) memset(&world.markets, 0, sizeof world.markets);
      play_pass(&world, 61 * SECOND);
    }
    CHECK_INT(world.markets_asked, 5);
    CHECK_INT(world.socket_count, 1);
    play_accept(&world, 0);
    CHECK(bourse_stream_state(stream, "A/B") != 0 && bourse_stream_state(stream, "C/D") != 0);
    CHECK_INT(bourse_stream_state(stream, "E/F"), 0);
    CHECK(!play_until(stream, &event, BOURSE_STREAM_ERROR));
    bourse_stream_close(stream);
    play_close(&world);
  }
}

TEST(a_market_list_that_is_refused_closes_the_stream) {
  static const int32_t refusals[] = {400, 401, 404};
  bourse_stream_event event;
  for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
    play_open_with(&world, &no_retries);
    world.markets = answer(refusals[i], 0);
    bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, NULL);
    CHECK(play_until(stream, &event, BOURSE_STREAM_ERROR));
    play_pass(&world, 61 * SECOND);
    CHECK_INT(world.markets_asked, 1);
    CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_CLOSED);
    bourse_stream_close(stream);
    play_close(&world);
  }
}

static void close_in_callback(void *user_data, const bourse_stream_event *event) {
  int *told = user_data;
  if (event->kind == BOURSE_STREAM_ERROR) (*told)++;
  if (event->kind == BOURSE_STREAM_ERROR && *told == 2) bourse_stream_close(event->stream);
}

TEST(what_waits_for_a_market_list_may_be_closed) {
  for (int way = 0; way < 4; way++) {
    bourse_stream_options options = BOURSE_STREAM_OPTIONS_INIT;
    int told = 0;
    options.user_data = &told;
    if (way == 3) options.on_event = close_in_callback;
    play_open_with(&world, &no_retries);
    world.markets = answer(503, 0);
    bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, &options);
    if (way == 0) bourse_stream_close(stream);
    if (way == 1) bourse_close(world.exchange);
    if (way == 2) bourse_context_free(world.context);
    if (way < 2) play_pass(&world, 61 * SECOND);
    if (way == 3)
      for (int turn = 0; turn < 4; turn++) play_pass(&world, 61 * SECOND);
    CHECK_INT(world.markets_asked, way == 3 ? 2 : 1);
    if (way == 1 || way == 2) {
      CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_CLOSED);
      bourse_stream_close(stream);
    }
    if (way != 1) bourse_close(world.exchange);
    if (way != 2) bourse_context_free(world.context);
  }
}

TEST(messages_are_paced) {
  static const char *const symbols[] = {"A/B", "C/D", "E/F"};
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, symbols, 3, 0, NULL);
  play_accept(&world, 0);
  CHECK_INT(bourse_stream_remove(stream, symbols, 1), BOURSE_OK);
  CHECK_INT(bourse_stream_remove(stream, symbols + 1, 1), BOURSE_OK); /* four messages by now */
  CHECK(SENT("\"unsub\":[\"trades:CD\"]"));
  CHECK_INT(bourse_stream_remove(stream, symbols + 2, 1), BOURSE_OK);
  CHECK(!SENT("\"unsub\":[\"trades:EF\"]"));
  play_pass(&world, SECOND);
  CHECK(SENT("\"unsub\":[\"trades:EF\"]"));
  bourse_stream_close(stream);
  play_close(&world);
}

/* --- Books --- */

#define BOOK "{\"t\":\"book\",\"s\":\"AB\",\"first\":%d,\"last\":%d,\"bids\":[[\"%s\",\"1\"]]}"

static void say_book(int first, int last, const char *bid) {
  char text[200];
  snprintf(text, sizeof text, BOOK, first, last, bid);
  play_say(&world, 0, text);
}

static int reads(bourse_stream *stream, const char *bid) {
  bourse_level level;
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  if (bourse_book_best(&level, NULL, stream, NULL) != BOURSE_OK) return 0;
  bourse_decimal_format(text, sizeof text, &level.price);
  return strcmp(text, bid) == 0;
}

TEST(a_book_is_joined_with_its_snapshot_and_repaired_after_a_gap) {
  bourse_stream_event event;
  bourse_level level;
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_ORDER_BOOK, ONE("A/B"), 100, NULL);
  bourse_stream *trades = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  CHECK_INT(bourse_book_best(&level, NULL, stream, NULL), BOURSE_ERROR_STATE);
  CHECK_INT(world.depth_asked, 0);
  say_book(11, 12, "99");
  CHECK_INT(world.depth_asked, 1);
  say_book(13, 13, "99.5");
  CHECK_INT(world.depth_asked, 1); /* one in flight */
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_SYNCING);
  bourse_http_reply reply = {.struct_size = sizeof reply,
                             .http_status = 200,
                             .sent = BOURSE_YES,
                             .body = "{\"last\":12,\"bids\":[[\"98\",\"1\"]],\"asks\":[[\"101\",\"2.50\"]]}"};
  reply.body_length = strlen(reply.body);
  bourse_transport_complete(world.pending, &reply);
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
  CHECK(reads(stream, "99.5"));
  say_book(14, 15, "99.75");
  CHECK(reads(stream, "99.75"));
  play_until(stream, &event, BOURSE_STREAM_DATA);
  say_book(17, 18, "99.8"); /* 16 is missing */
  CHECK_INT(bourse_book_best(&level, NULL, stream, NULL), BOURSE_ERROR_STATE);
  CHECK(play_until(stream, &event, BOURSE_STREAM_GAP));
  CHECK_INT(event.gap_kind, BOURSE_GAP_SEQUENCE);
  CHECK_INT(event.gap_expected, 16);
  CHECK_INT(event.gap_found, 17);
  CHECK_INT(bourse_stream_state(trades, NULL), BOURSE_STREAM_LIVE); /* that symbol's book alone */
  say_book(19, 19, "99.85");
  CHECK_INT(world.depth_asked, 2); /* one at a time */
  reply.body = "{\"last\":30,\"bids\":[[\"98\",\"1\"]],\"asks\":[[\"101\",\"2.50\"]]}";
  bourse_transport_complete(world.pending, &reply);
  CHECK(reads(stream, "98")); /* all that came since is in it */
  say_book(29, 31, "99.9");
  CHECK(!reads(stream, "99.9")); /* it was fetched within this one: the next proves it */
  say_book(32, 32, "99.95");
  CHECK_INT(world.depth_asked, 2);
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
  CHECK(reads(stream, "99.95"));
  play_break(&world, 0);
  CHECK_INT(bourse_book_best(&level, NULL, stream, NULL), BOURSE_ERROR_STATE);
  bourse_stream_close(trades);
  bourse_stream_close(stream);
  play_close(&world);
}

TEST(a_book_from_its_channel_is_subscribed_again_after_a_gap) {
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_ORDER_BOOK, ONE("A/B"), 7, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  play_say(&world, 0, "{\"t\":\"csnap\",\"s\":\"AB\",\"last\":5,\"bids\":[[\"10\",\"1\"]]}");
  CHECK(reads(stream, "10"));
  play_say(&world, 0, "{\"t\":\"cbook\",\"s\":\"AB\",\"last\":6,\"bids\":[[\"11\",\"1\"]]}");
  CHECK(reads(stream, "11"));
  play_say(&world, 0, "{\"t\":\"cbook\",\"s\":\"AB\",\"last\":8,\"bids\":[[\"12\",\"1\"]]}");
  CHECK(!reads(stream, "11") && !reads(stream, "12"));
  CHECK(SENT("{\"unsub\":[\"cbook:AB\"],\"id\":2}\n0 {\"sub\":[\"cbook:AB\"],\"id\":3}"));
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":3}");
  play_say(&world, 0, "{\"t\":\"csnap\",\"s\":\"AB\",\"last\":9,\"bids\":[[\"13\",\"1\"]]}");
  CHECK(reads(stream, "13"));
  CHECK_INT(world.depth_asked, 0);
  bourse_stream_close(stream);
  play_close(&world);
}

TEST(a_book_whose_state_never_comes_is_subscribed_again) {
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_ORDER_BOOK, ONE("A/B"), 7, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  for (int i = 0; i < 9; i++) { /* changes, and nothing that they change */
    play_say(&world, 0, "{\"t\":\"cbook\",\"s\":\"AB\",\"last\":6,\"bids\":[[\"11\",\"1\"]]}");
    play_pass(&world, SECOND);
  }
  CHECK(!SENT("unsub"));
  play_pass(&world, 2 * SECOND);
  CHECK(SENT("{\"unsub\":[\"cbook:AB\"],\"id\":2}\n0 {\"sub\":[\"cbook:AB\"],\"id\":3}"));
  bourse_stream_close(stream);
  play_close(&world);
}

/* What was lost with it, the next message might not show: the book is not to be read from now on. */
TEST(a_message_that_cannot_be_read_is_a_gap_of_the_book_it_names) {
  bourse_stream_event event;
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_ORDER_BOOK, ONE("A/B"), 7, NULL);
  bourse_stream *other = play_watch(&world, BOURSE_OP_WATCH_ORDER_BOOK, ONE("C/D"), 7, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":2}");
  play_say(&world, 0, "{\"t\":\"csnap\",\"s\":\"AB\",\"last\":5,\"bids\":[[\"10\",\"1\"]]}");
  play_say(&world, 0, "{\"t\":\"csnap\",\"s\":\"CD\",\"last\":5,\"bids\":[[\"20\",\"1\"]]}");
  CHECK(reads(stream, "10") && reads(other, "20"));
  play_say(&world, 0, "{\"t\":\"trades\",\"s\":\"AB\",\"tra"); /* of another channel */
  play_say(&world, 0, "{\"t\":\"cbook\",\"s\":\"AB2\",\"la");  /* of another market */
  CHECK(reads(stream, "10") && reads(other, "20"));
  play_say(&world, 0, "{\"t\":\"cbook\",\"s\":\"AB\",\"last\":6,\"bids\":[[\"1");
  CHECK(!reads(stream, "10") && reads(other, "20"));
  CHECK(play_until(stream, &event, BOURSE_STREAM_GAP));
  CHECK_INT(event.gap_kind, BOURSE_GAP_MALFORMED);
  CHECK(SENT("{\"unsub\":[\"cbook:AB\"]"));
  play_say(&world, 0, "{\"t\":\"csnap\",\"s\":\"AB\",\"last\":9,\"bids\":[[\"13\",\"1\"]]}");
  CHECK(reads(stream, "13"));
  bourse_stream_close(other);
  bourse_stream_close(stream);
  play_close(&world);
}

/* --- Queues --- */

TEST(states_conflate_and_trades_drop_the_oldest) {
  bourse_stream_options options = BOURSE_STREAM_OPTIONS_INIT;
  bourse_stream_event event;
  char text[100];
  play_open(&world);
  options.queue_limit = 4;
  bourse_stream *tickers = play_watch(&world, BOURSE_OP_WATCH_TICKER, ONE("A/B"), 0, NULL);
  bourse_stream *trades = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, &options);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  while (play_until(tickers, &event, BOURSE_STREAM_DATA) || play_until(trades, &event, BOURSE_STREAM_DATA)) continue;
  for (int i = 1; i <= 10; i++) {
    snprintf(text, sizeof text, "{\"t\":\"ticker\",\"s\":\"AB\",\"price\":\"%d.50\"}", i);
    play_say(&world, 0, text);
    snprintf(text, sizeof text, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"%d\"}", i);
    play_say(&world, 0, text);
  }
  CHECK(play_until(tickers, &event, BOURSE_STREAM_DATA));
  bourse_decimal_format(text, sizeof text, &((const bourse_ticker *)bourse_stream_event_record(&event, 0))->last);
  CHECK_STR(text, "10.50");
  CHECK(!play_until(tickers, &event, BOURSE_STREAM_DATA));
  CHECK(play_until(trades, &event, BOURSE_STREAM_DATA));
  CHECK_STR(((const bourse_trade *)bourse_stream_event_record(&event, 0))->id, "7");
  uint32_t dropped = event.dropped;
  while (play_until(trades, &event, BOURSE_STREAM_DATA)) dropped += event.dropped;
  CHECK_INT(dropped, 6);
  bourse_stream_close(tickers);
  bourse_stream_close(trades);
  play_close(&world);
}

TEST(a_candle_that_closed_is_not_conflated_with_the_next) {
  bourse_stream_event event;
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_CANDLES, ONE("A/B"), 0, NULL);
  play_accept(&world, 0);
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE); /* nothing answers such a subscription */
  CHECK(SENT("candles:AB1m"));
  play_say(&world, 0, "{\"t\":\"candle\",\"s\":\"AB\",\"q\":\"1m\",\"time\":60000,\"price\":1}");
  play_say(&world, 0, "{\"t\":\"candle\",\"s\":\"AB\",\"q\":\"1m\",\"time\":60000,\"price\":2}");
  play_say(&world, 0, "{\"t\":\"candle\",\"s\":\"AB\",\"q\":\"5m\",\"time\":60000,\"price\":9}");
  play_say(&world, 0, "{\"t\":\"candle\",\"s\":\"AB\",\"q\":\"1m\",\"time\":120000,\"price\":3}");
  CHECK(play_until(stream, &event, BOURSE_STREAM_DATA));
  CHECK_INT(((const bourse_candle *)bourse_stream_event_record(&event, 0))->close.low, 2);
  CHECK(play_until(stream, &event, BOURSE_STREAM_DATA));
  CHECK_INT(((const bourse_candle *)bourse_stream_event_record(&event, 0))->close.low, 3);
  CHECK(!play_until(stream, &event, BOURSE_STREAM_DATA));
  bourse_stream_close(stream);
  play_close(&world);
}

TEST(a_full_queue_can_pause_the_connection) {
  bourse_stream_options options = BOURSE_STREAM_OPTIONS_INIT;
  bourse_stream_event event;
  char text[100];
  play_open(&world);
  options.queue_limit = 4;
  options.policy = BOURSE_QUEUE_PAUSE;
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, &options);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  for (int i = 1; i <= 6; i++) {
    snprintf(text, sizeof text, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"%d\"}", i);
    play_say(&world, 0, text);
  }
  CHECK_INT(world.sockets[0].paused, 1);
  int count = 0;
  while (play_until(stream, &event, BOURSE_STREAM_DATA)) count++;
  CHECK_INT(count, 6); /* none is lost */
  CHECK_INT(world.sockets[0].paused, 0);
  bourse_stream_close(stream);
  play_close(&world);
}

static int called;
static void close_all(void *user_data, const bourse_stream_event *event) {
  (void)user_data;
  called++;
  if (event->kind == BOURSE_STREAM_DATA) {
    bourse_stream_close(event->stream);
    bourse_close(world.exchange);
    world.exchange = NULL;
  }
}

TEST(a_callback_may_close_everything) {
  bourse_stream_options options = BOURSE_STREAM_OPTIONS_INIT;
  play_open(&world);
  called = 0;
  options.on_event = close_all;
  play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, &options);
  bourse_stream *other = play_watch(&world, BOURSE_OP_WATCH_TICKER, ONE("A/B"), 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"1\"}");
  CHECK_INT(called, 0); /* inside bourse_run only */
  play_pass(&world, 0);
  CHECK(called > 0);
  CHECK(world.exchange == NULL);
  CHECK(SENT("0 disconnect"));
  CHECK_INT(bourse_stream_state(other, NULL), BOURSE_STREAM_CLOSED);
  bourse_close(world.exchange);
  bourse_context_free(world.context);
  bourse_stream_close(other);
}

TEST(closing_in_any_order) {
  for (int order = 0; order < 6; order++) {
    static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    play_open(&world);
    bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, NULL);
    play_accept(&world, 0);
    play_say(&world, 0, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"1\"}");
    for (int i = 0; i < 3; i++) {
      if (orders[order][i] == 0) bourse_stream_close(stream);
      if (orders[order][i] == 1) bourse_close(world.exchange);
      if (orders[order][i] == 2) bourse_context_free(world.context);
    }
  }
}

/* --- Renewal --- */

TEST(a_connection_is_replaced_before_its_time_is_up) {
  bourse_stream_event event;
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  play_say(&world, 0, "{\"t\":\"shutdown\"}");
  CHECK_INT(world.socket_count, 2);
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
  play_say(&world, 0, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"1\"}");
  play_accept(&world, 1);
  CHECK(SENT("1 {\"sub\":[\"trades:AB\"],\"id\":1}"));
  play_say(&world, 0, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"2\"}"); /* the old one serves on */
  play_say(&world, 1, "{\"t\":\"ack\",\"id\":1}");
  play_say(&world, 1, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"2\"}"); /* told already */
  play_say(&world, 1, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"3\"}");
  play_say(&world, 0, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"3\"}"); /* by the old one: too late */
  char ids[20] = "";
  while (play_until(stream, &event, BOURSE_STREAM_DATA))
    strcat(ids, ((const bourse_trade *)bourse_stream_event_record(&event, 0))->id);
  CHECK_STR(ids, "123");
  for (int i = 0; i < 5; i++) play_pass(&world, SECOND);
  CHECK(SENT("0 disconnect"));
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
  bourse_stream_close(stream);
  play_close(&world);
}

TEST(a_connection_whose_successor_cannot_be_made_stays_and_so_does_the_one_after_it) {
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  play_say(&world, 0, "{\"t\":\"shutdown\"}");
  CHECK_INT(world.socket_count, 2);
  play_break(&world, 1); /* the successor */
  for (int i = 0; i < 20; i++) play_pass(&world, SECOND);
  CHECK(!SENT("0 disconnect")); /* better the old one than none */
  play_break(&world, 0);
  play_pass(&world, 2 * SECOND);
  int last = world.socket_count - 1;
  play_accept(&world, last);
  play_say(&world, last, "{\"t\":\"ack\",\"id\":2}");
  for (int i = 0; i < 90; i++) {
    play_pass(&world, SECOND);
    play_say(&world, last, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"1\"}");
  }
  char gone[32];
  snprintf(gone, sizeof gone, "%d disconnect", last);
  CHECK(!SENT(gone));
  bourse_stream_close(stream);
  play_close(&world);
}

TEST(a_day_old_connection_is_renewed) {
  play_open(&world);
  bourse_stream *stream = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  for (int i = 0; i < 86400 / 50 && world.socket_count == 1; i++) {
    play_pass(&world, 50 * SECOND);
    play_say(&world, 0, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"1\"}");
  }
  CHECK_INT(world.socket_count, 2);
  CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
  bourse_stream_close(stream);
  play_close(&world);
}

/* --- Private channels --- */

TEST(a_private_stream_logs_in_reconciles_and_asks_what_it_missed) {
  bourse_stream_event event;
  play_open(&world);
  world.open_orders = "[{\"id\":\"1\",\"state\":\"open\",\"amount\":\"5\",\"filled\":\"0\"}]";
  bourse_stream *orders = play_watch(&world, BOURSE_OP_WATCH_ORDERS, NULL, 0, 0, NULL);
  bourse_stream *fills = play_watch(&world, BOURSE_OP_WATCH_MY_TRADES, ONE("A/B"), 0, NULL);
  CHECK_INT(world.token_asked, 1);
  play_accept(&world, 0);
  CHECK(SENT("0 {\"login\":\"sesame\"}"));
  play_say(&world, 0, "{\"t\":\"login\"}");
  CHECK(SENT("0 {\"sub\":[\"orders:\"],\"id\":1}")); /* one subscription serves both */
  CHECK(!SENT("fills:"));
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  CHECK_INT(bourse_stream_state(orders, NULL), BOURSE_STREAM_LIVE);
  CHECK_INT(bourse_stream_state(fills, NULL), BOURSE_STREAM_LIVE);
  CHECK_INT(world.open_asked, 1);
  CHECK_INT(world.fills_asked, 0);
  CHECK(play_until(orders, &event, BOURSE_STREAM_DATA));
  CHECK(event.flags & BOURSE_STREAM_RECONCILED);
  /* A sparse report is completed; the same one again is not told. */
  play_say(&world, 0, "{\"t\":\"order\",\"order\":\"1\",\"filled\":\"2\"}");
  play_say(&world, 0, "{\"t\":\"order\",\"order\":\"1\",\"filled\":\"2\"}");
  CHECK(play_until(orders, &event, BOURSE_STREAM_DATA));
  const bourse_order *order = bourse_stream_event_record(&event, 0);
  CHECK_INT(order->status, BOURSE_ORDER_OPEN);
  CHECK_INT(order->amount.low, 5);
  CHECK_INT(order->remaining.low, 3);
  CHECK(!play_until(orders, &event, BOURSE_STREAM_DATA));
  play_say(&world, 0, "{\"t\":\"fill\",\"fill\":\"f1\"}");
  CHECK(play_until(fills, &event, BOURSE_STREAM_DATA));
  /* One trade of the account with itself is two fills of one id, each told once. */
  play_say(&world, 0, "{\"t\":\"fill\",\"fill\":\"self\",\"side\":\"sell\"}");
  CHECK(play_until(fills, &event, BOURSE_STREAM_DATA));
  play_say(&world, 0, "{\"t\":\"fill\",\"fill\":\"self\",\"side\":\"buy\"}");
  CHECK(play_until(fills, &event, BOURSE_STREAM_DATA) &&
        ((const bourse_fill *)bourse_stream_event_record(&event, 0))->side == BOURSE_SIDE_BUY);
  play_say(&world, 0, "{\"t\":\"fill\",\"fill\":\"self\",\"side\":\"sell\"}");
  CHECK(!play_until(fills, &event, BOURSE_STREAM_DATA));
  /* While away the order was filled: it is gone from the open ones, and asked for. */
  world.open_orders = "[]";
  world.order = "[{\"id\":\"1\",\"state\":\"filled\",\"amount\":\"5\",\"filled\":\"5\"}]";
  world.fills = "[{\"id\":\"f1\"},{\"id\":\"f2\"}]";
  play_break(&world, 0);
  play_pass(&world, 2 * SECOND);
  CHECK_INT(world.token_asked, 2);
  play_accept(&world, 1);
  play_say(&world, 1, "{\"t\":\"login\"}");
  play_say(&world, 1, "{\"t\":\"ack\",\"id\":2}");
  CHECK_INT(world.open_asked, 2);
  CHECK_INT(world.order_asked, 1);
  CHECK(play_until(orders, &event, BOURSE_STREAM_DATA));
  order = bourse_stream_event_record(&event, 0);
  CHECK_INT(order->status, BOURSE_ORDER_FILLED);
  CHECK_INT(world.fills_asked, 1);
  CHECK(play_until(fills, &event, BOURSE_STREAM_DATA));
  CHECK_INT(event.count, 1);
  CHECK_STR(((const bourse_fill *)bourse_stream_event_record(&event, 0))->id, "f2");
  CHECK_INT(bourse_stream_state(orders, NULL), BOURSE_STREAM_LIVE);
  CHECK_INT(bourse_stream_state(fills, NULL), BOURSE_STREAM_LIVE);
  for (int i = 0; i < 40; i++) play_pass(&world, 60 * SECOND);
  CHECK_INT(world.extend_asked, 1);
  play_say(&world, 1, "{\"t\":\"dead\"}");
  play_pass(&world, 2 * SECOND);
  CHECK_INT(world.token_asked, 3);
  bourse_stream_close(orders);
  bourse_stream_close(fills);
  play_close(&world);
}

TEST(orders_that_are_listed_by_market_only_are_asked_for_one_by_one) {
  bourse_stream_event event;
  play_open(&world);
  play_lists_by_market = 1;
  bourse_stream *orders = play_watch(&world, BOURSE_OP_WATCH_ORDERS, NULL, 0, 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"login\"}");
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  CHECK_INT(bourse_stream_state(orders, NULL), BOURSE_STREAM_LIVE);
  play_say(&world, 0, "{\"t\":\"order\",\"order\":\"1\",\"filled\":\"2\"}");
  CHECK(play_until(orders, &event, BOURSE_STREAM_DATA));
  world.order = "[{\"id\":\"1\",\"state\":\"filled\",\"amount\":\"5\",\"filled\":\"5\"}]";
  play_break(&world, 0);
  play_pass(&world, 2 * SECOND);
  play_accept(&world, 1);
  play_say(&world, 1, "{\"t\":\"login\"}");
  play_say(&world, 1, "{\"t\":\"ack\",\"id\":2}");
  CHECK_INT(world.open_asked, 0);
  CHECK_INT(world.order_asked, 1);
  CHECK(play_until(orders, &event, BOURSE_STREAM_DATA));
  CHECK_INT(((const bourse_order *)bourse_stream_event_record(&event, 0))->status, BOURSE_ORDER_FILLED);
  CHECK(!play_until(orders, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(bourse_stream_state(orders, NULL), BOURSE_STREAM_LIVE);
  bourse_stream_close(orders);
  play_lists_by_market = 0;
  play_close(&world);
}

TEST(what_was_missed_is_asked_for_until_it_is_answered) {
  bourse_stream_event event;
  play_open(&world);
  bourse_stream *fills = play_watch(&world, BOURSE_OP_WATCH_MY_TRADES, ONE("A/B"), 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"login\"}");
  play_say(&world, 0, "{\"t\":\"ack\",\"id\":1}");
  CHECK_INT(bourse_stream_state(fills, NULL), BOURSE_STREAM_LIVE);
  world.fills = "<html>"; /* something in between answers */
  play_break(&world, 0);
  play_pass(&world, 2 * SECOND);
  play_accept(&world, 1);
  play_say(&world, 1, "{\"t\":\"login\"}");
  play_say(&world, 1, "{\"t\":\"ack\",\"id\":2}");
  CHECK(world.fills_asked > 0);
  CHECK(bourse_stream_state(fills, NULL) != BOURSE_STREAM_LIVE);
  CHECK(play_until(fills, &event, BOURSE_STREAM_ERROR));
  world.fills = "[{\"id\":\"f1\"}]";
  play_pass(&world, 2 * SECOND);
  CHECK(play_until(fills, &event, BOURSE_STREAM_DATA));
  CHECK_INT(event.count, 1);
  CHECK_INT(bourse_stream_state(fills, NULL), BOURSE_STREAM_LIVE);
  bourse_stream_close(fills);
  play_close(&world);
}

TEST(the_clock_is_measured_before_what_is_signed_and_again_when_refused) {
  bourse_options options = BOURSE_OPTIONS_INIT;
  int64_t offset;
  options.clock_sync = BOURSE_YES;
  play_open_with(&world, &options);
  bourse_stream *public = play_watch(&world, BOURSE_OP_WATCH_TRADES, ONE("A/B"), 0, NULL);
  CHECK_INT(world.time_asked, 0);
  bourse_stream *orders = play_watch(&world, BOURSE_OP_WATCH_ORDERS, NULL, 0, 0, NULL);
  CHECK_INT(world.time_asked, 1);
  CHECK_INT(bourse_clock_offset(&offset, NULL, world.exchange), BOURSE_OK);
  CHECK_INT(offset, 5 * SECOND);
  play_accept(&world, 1);
  play_say(&world, 1, "{\"t\":\"login\",\"late\":true}");
  play_pass(&world, 2 * SECOND);
  CHECK_INT(world.time_asked, 2);
  CHECK_INT(world.socket_count, 3);
  bourse_stream_close(public);
  bourse_stream_close(orders);
  play_close(&world);
}

TEST(a_refused_login_closes_the_streams) {
  bourse_stream_event event;
  play_open(&world);
  bourse_stream *orders = play_watch(&world, BOURSE_OP_WATCH_ORDERS, NULL, 0, 0, NULL);
  play_accept(&world, 0);
  play_say(&world, 0, "{\"t\":\"login\",\"error\":\"bad key\"}");
  CHECK(play_until(orders, &event, BOURSE_STREAM_ERROR));
  CHECK_INT(event.error_code, BOURSE_ERROR_AUTH);
  CHECK_INT(bourse_stream_state(orders, NULL), BOURSE_STREAM_CLOSED);
  play_pass(&world, 100 * SECOND);
  CHECK_INT(world.socket_count, 1);
  bourse_stream_close(orders);
  play_close(&world);
}

/* --- Requests over sockets --- */

static uint64_t place(void) {
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  const bourse_order_request *const orders[] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  uint64_t ticket = 0;
  order.symbol = "A/B";
  order.side = BOURSE_SIDE_BUY;
  order.type = BOURSE_ORDER_LIMIT;
  bourse_decimal_from_int64(&order.price, 100);
  bourse_decimal_from_int64(&order.amount, 1);
  order.client_order_id = "mine";
  request.orders = orders;
  request.order_count = 1;
  CHECK_INT(bourse_submit(world.exchange, &request, &ticket), BOURSE_OK);
  return ticket;
}

TEST(an_order_over_a_socket_is_answered_or_its_fate_is_unknown) {
  bourse_event event = BOURSE_EVENT_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  options.order_transport = BOURSE_TRANSPORT_SOCKET;
  play_open_with(&world, &options);
  place();
  CHECK_INT(world.socket_count, 1);
  CHECK(!SENT("mine"));
  play_accept(&world, 0);
  CHECK(SENT("0 {\"symbol\":\"AB\",\"client\":\"mine\",\"id\":\"1\"}"));
  play_say(&world, 0, "{\"t\":\"reply\",\"id\":1,\"status\":200,\"body\":[{\"id\":\"77\"}]}");
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), BOURSE_OK);
  CHECK_STR(bourse_result_order(event.result, 0)->id, "77");
  CHECK_INT(bourse_result_outcome(event.result), BOURSE_OUTCOME_EXECUTED);
  bourse_result_free(event.result);
  place();
  CHECK(SENT("\"id\":\"2\"}"));
  play_break(&world, 0); /* it may have arrived */
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_code(event.result), BOURSE_ERROR_DISCONNECTED);
  CHECK_INT(bourse_result_outcome(event.result), BOURSE_OUTCOME_UNKNOWN);
  CHECK_STR(bourse_result_error(event.result)->client_order_id, "mine");
  bourse_result_free(event.result);
  place();
  CHECK_INT(world.socket_count, 2);
  play_break(&world, 1); /* never sent */
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_outcome(event.result), BOURSE_OUTCOME_NOT_SENT);
  bourse_result_free(event.result);
  play_close(&world);
}

TEST(a_halt_ends_orders_that_wait_for_their_socket) {
  bourse_event event = BOURSE_EVENT_INIT;
  bourse_options options = BOURSE_OPTIONS_INIT;
  options.order_transport = BOURSE_TRANSPORT_SOCKET;
  play_open_with(&world, &options);
  for (int i = 0; i < 2; i++) place();
  CHECK_INT(bourse_next(world.context, &event), 0);
  CHECK_INT(bourse_halt(world.exchange, 0, NULL), BOURSE_OK);
  for (int i = 0; i < 2; i++) {
    CHECK_INT(bourse_next(world.context, &event), 1);
    CHECK_INT(bourse_result_code(event.result), BOURSE_ERROR_FORBIDDEN);
    CHECK_INT(bourse_result_outcome(event.result), BOURSE_OUTCOME_NOT_SENT);
    CHECK_STR(bourse_result_error(event.result)->field, "halt");
    bourse_result_free(event.result);
  }
  play_accept(&world, 0);
  play_pass(&world, INT64_C(1000000000));
  CHECK(!SENT("mine"));
  /* What is on its way is not ended: its answer is waited for. */
  CHECK_INT(bourse_resume(world.exchange), BOURSE_OK);
  place();
  CHECK(SENT("\"client\":\"mine\",\"id\":\"1\"}"));
  CHECK_INT(bourse_halt(world.exchange, 0, NULL), BOURSE_OK);
  CHECK_INT(bourse_next(world.context, &event), 0);
  play_say(&world, 0, "{\"t\":\"reply\",\"id\":1,\"status\":200,\"body\":[{\"id\":\"77\"}]}");
  CHECK_INT(bourse_next(world.context, &event), 1);
  CHECK_INT(bourse_result_outcome(event.result), BOURSE_OUTCOME_EXECUTED);
  bourse_result_free(event.result);
  play_close(&world);
}

TEST_MAIN()
