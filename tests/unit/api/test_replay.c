/* Recorded messages of connections whose kind nobody knows: each kind is asked, and first the one that answered last. */
#include <bourse/sys/replay.h>

#include "stream_fake.h"

/* How often each kind was asked. A message is the number of its kind. */
static uint32_t asked[3];

static int32_t receive(bourse_link *link, const char *bytes, size_t length) {
  const uint32_t kind = (uint32_t)(link->socket - play_sockets);
  asked[kind]++;
  return length == 1 && bytes[0] == (char)('0' + kind) ? BOURSE_OK : bourse_link_unknown(link, "of another kind");
}

typedef struct stage {
  bourse_context *context;
  bourse_exchange *exchange;
  bourse_replay *replay;
} stage;

static void stage_open(stage *s) {
  bourse_stream_adapter stream = play_stream;
  bourse_adapter adapter = play_adapter;
  stream.receive = receive;
  adapter.stream = &stream;
  memset(asked, 0, sizeof asked);
  CHECK_INT(bourse_context_new(&s->context, NULL), BOURSE_OK);
  CHECK_INT(bourse_register(s->context, &adapter), BOURSE_OK);
  CHECK_INT(bourse_open(&s->exchange, s->context, "play", NULL), BOURSE_OK);
  CHECK_INT(bourse_replay_new(&s->replay, s->exchange, NULL, NULL), BOURSE_OK);
}

static void stage_close(stage *s) {
  bourse_replay_free(s->replay);
  bourse_close(s->exchange);
  bourse_context_free(s->context);
}

static int32_t feed(stage *s, int32_t connection, const char *message) {
  return bourse_replay_message(s->replay, connection, message, strlen(message), 1);
}

TEST(the_kind_that_answered_last_is_asked_first) {
  stage s;
  stage_open(&s);
  for (int i = 0; i < 10; i++) CHECK_INT(feed(&s, 1, "2"), BOURSE_OK);
  CHECK_INT(asked[0], 1);
  CHECK_INT(asked[1], 1);
  CHECK_INT(asked[2], 10);
  CHECK_INT(feed(&s, 1, "0"), BOURSE_OK); /* the others are still asked */
  CHECK_INT(asked[0], 2);
  CHECK_INT(feed(&s, 1, "0"), BOURSE_OK);
  CHECK_INT(asked[0], 3);
  CHECK_INT(asked[2], 11);
  stage_close(&s);
}

TEST(connections_do_not_tell_of_each_other) {
  stage s;
  stage_open(&s);
  for (int i = 0; i < 10; i++) {
    CHECK_INT(feed(&s, 1, "2"), BOURSE_OK);
    CHECK_INT(feed(&s, 2, "1"), BOURSE_OK);
  }
  CHECK_INT(asked[0], 2);
  CHECK_INT(asked[1], 11);
  CHECK_INT(asked[2], 10);
  stage_close(&s);
}

TEST(what_none_can_read_is_told_and_changes_nothing) {
  stage s;
  bourse_replay_summary summary = {.struct_size = sizeof summary};
  stage_open(&s);
  CHECK_INT(feed(&s, 1, "1"), BOURSE_OK);
  CHECK_INT(feed(&s, 1, "9"), BOURSE_ERROR_BAD_REPLY);
  CHECK(strstr(bourse_context_error(s.context)->message, "of another kind") != NULL);
  asked[0] = asked[1] = asked[2] = 0;
  CHECK_INT(feed(&s, 1, "1"), BOURSE_OK);
  CHECK_INT(asked[0], 0);
  CHECK_INT(asked[1], 1);
  CHECK_INT(asked[2], 0);
  bourse_replay_summarize(s.replay, &summary);
  CHECK_INT(summary.messages, 3);
  CHECK_INT(summary.undecoded, 1);
  stage_close(&s);
}

TEST(a_connection_of_a_known_kind_has_that_alone) {
  stage s;
  stage_open(&s);
  CHECK_INT(bourse_replay_open(s.replay, 1, "wss://ws.example/private", 0), BOURSE_OK);
  CHECK_INT(feed(&s, 1, "1"), BOURSE_OK);
  CHECK_INT(feed(&s, 1, "2"), BOURSE_ERROR_BAD_REPLY);
  CHECK_INT(asked[0], 0);
  CHECK_INT(asked[1], 2);
  CHECK_INT(asked[2], 0);
  stage_close(&s);
}

TEST_MAIN()
