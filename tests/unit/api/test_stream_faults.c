/* Streams against a WebSocket server that misbehaves: each recovers within its deadline, or says what is wrong; nothing leaks. */
#include "../../net/ws_server.h"
#include "stream_fake.h"

#include <malloc.h>
#include <time.h>

static atomic_int sockets_opened, subscribed, fault, faults_left;

enum {
  FAULT_NONE,
  FAULT_RESET_MID_FRAME,
  FAULT_SILENCE,
  FAULT_DRIP,
  FAULT_PING_FLOOD,
  FAULT_OVERSIZED,
  FAULT_GARBAGE,
  FAULT_HTML,
  FAULT_TOO_MANY,
  FAULT_WRONG_ACCEPT,
  FAULT_NO_ACK,
  FAULT_CLOSE,
  FAULT_BAD_UTF8,
  FAULT_MASKED,
  FAULT_NEVER_ANSWERS,
  FAULT_COUNT
};

static void pause_ms(long ms) {
  struct timespec wait = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&wait, NULL);
}

/* Answers subscriptions and sends trades until the client leaves. */
static void serve(ws_peer *peer, int acknowledge) {
  ws_frame_in in = {0};
  char text[200];
  while (ws_read(peer, &in) >= 0) {
    if (in.opcode == WS_PING) ws_send(peer, WS_PONG, in.payload, in.length);
    const char *id = in.payload == NULL ? NULL : strstr(in.payload, "\"id\":");
    if (in.opcode != WS_TEXT || id == NULL || !acknowledge) continue;
    snprintf(text, sizeof text, "{\"t\":\"ack\",\"id\":%d}", atoi(id + 5));
    ws_text(peer, text);
    if (strstr(in.payload, "unsub") != NULL) continue;
    atomic_fetch_add(&subscribed, 1);
    snprintf(text, sizeof text, "{\"t\":\"trade\",\"s\":\"AB\",\"trade\":\"%d\"}", peer->number);
    ws_text(peer, text);
  }
  ws_frame_free(&in);
}

static void misbehave(ws_peer *peer, int kind) {
  static const uint8_t huge[] = {0x81, 127, 0, 0, 1, 0, 0, 0, 0, 0};
  static const uint8_t masked[] = {0x81, 0x82, 1, 2, 3, 4, 5, 6};
  char text[100];
  switch (kind) {
    case FAULT_HTML: ws_refuse(peer, 200, "Content-Type: text/html\r\n", "<html>maintenance</html>"); return;
    case FAULT_TOO_MANY: ws_refuse(peer, 429, "Retry-After: 1\r\n", "slow down"); return;
    case FAULT_WRONG_ACCEPT:
      ws_raw(peer,
             "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
             "AAAA\r\n\r\n");
      ws_silence(peer);
      return;
    case FAULT_NEVER_ANSWERS: ws_silence(peer); return;
    default: break;
  }
  ws_accept(peer, NULL);
  switch (kind) {
    case FAULT_RESET_MID_FRAME:
      ws_write(peer, "\x81\x7e\x01\x00{\"t\":", 10);
      ws_reset(peer);
      return;
    case FAULT_SILENCE: ws_silence(peer); return;
    case FAULT_DRIP:
      for (int i = 0; i < 20000 && ws_write(peer, "\x81", 1); i++) pause_ms(5); /* and then a frame of them */
      return;
    case FAULT_PING_FLOOD:
      for (int i = 0; i < 20000 && ws_send(peer, WS_PING, "ping", 4); i++) continue;
      return;
    case FAULT_OVERSIZED: ws_write(peer, huge, sizeof huge); break;
    case FAULT_GARBAGE: ws_raw(peer, "\xff\xff\xff garbage \x01\x02\x03"); break;
    case FAULT_NO_ACK: serve(peer, 0); return;
    case FAULT_CLOSE: ws_close(peer, 1012, "restarting"); break;
    case FAULT_BAD_UTF8: ws_send(peer, WS_TEXT, "\xc3\x28", 2); break;
    case FAULT_MASKED: ws_write(peer, masked, sizeof masked); break;
    default: snprintf(text, sizeof text, "no fault %d", kind); break;
  }
  ws_silence(peer);
}

static void script(ws_peer *peer, void *user_data) {
  (void)user_data;
  if (strncmp(peer->head, "GET /markets", 12) == 0) {
    ws_refuse(peer, 200, NULL, "[]");
    return;
  }
  atomic_fetch_add(&sockets_opened, 1);
  if (atomic_load(&faults_left) > 0) {
    atomic_fetch_sub(&faults_left, 1);
    misbehave(peer, atomic_load(&fault));
    return;
  }
  ws_accept(peer, NULL);
  serve(peer, 1);
}

static bourse_socket quick_sockets[3];
static bourse_stream_adapter quick_stream;
static bourse_adapter quick_adapter;
static char server_url[60], socket_url[60];
static bourse_context *context;
static bourse_exchange *exchange;

static void set_up(const ws_server *s) {
  bourse_options options = BOURSE_OPTIONS_INIT;
  const bourse_param hosts[] = {{"main", server_url, 0, 0}, {"ws", socket_url, 0, 0}};
  memcpy(quick_sockets, play_sockets, sizeof quick_sockets);
  quick_sockets[0].ping_ns = SECOND / 5;
  quick_sockets[0].silence_ns = SECOND;
  quick_sockets[0].sends_max = 0;
  quick_stream = play_stream;
  quick_stream.sockets = quick_sockets;
  quick_adapter = play_adapter;
  quick_adapter.stream = &quick_stream;
  snprintf(server_url, sizeof server_url, "http://127.0.0.1:%d", s->port);
  snprintf(socket_url, sizeof socket_url, "ws://127.0.0.1:%d", s->port);
  options.hosts = hosts;
  options.host_count = 2;
  CHECK_INT(bourse_context_new(&context, NULL), BOURSE_OK);
  CHECK_INT(bourse_register(context, &quick_adapter), BOURSE_OK);
  CHECK_INT(bourse_open(&exchange, context, "play", &options), BOURSE_OK);
}

static bourse_stream *watch_trades(void) {
  bourse_stream *stream = NULL;
  CHECK_INT(bourse_watch_trades(&stream, exchange, "A/B"), BOURSE_OK);
  return stream;
}

/* 1: a trade came within the time. */
static int trade_within(bourse_stream *stream, int64_t ms, int *errors) {
  bourse_stream_event event = BOURSE_STREAM_EVENT_INIT;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  int64_t end = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 + ms;
  for (;;) {
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t left = end - ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    if (left <= 0 || bourse_stream_wait(stream, &event, left) < 0) return 0;
    if (event.kind == BOURSE_STREAM_ERROR && event.struct_size != 0) ++*errors;
    if (event.kind == BOURSE_STREAM_DATA) return 1;
    event = (bourse_stream_event)BOURSE_STREAM_EVENT_INIT;
  }
}

TEST(every_fault_is_told_and_recovered_from) {
  ws_server *s = ws_server_start(script, NULL);
  set_up(s);
  for (int kind = FAULT_RESET_MID_FRAME; kind < FAULT_COUNT; kind++) {
    int errors = 0;
    atomic_store(&fault, kind);
    atomic_store(&faults_left, 1);
    bourse_stream *stream = watch_trades();
    /* Nothing but waiting tells an answer that never comes from a slow one: the deadline of the handshake, or of an
     * acknowledgement, is ten seconds. */
    int64_t deadline = kind == FAULT_NEVER_ANSWERS || kind == FAULT_NO_ACK ? 14000 : 6000;
    if (!trade_within(stream, deadline, &errors)) TEST_FAIL("fault %d was not recovered from", kind);
    if (errors == 0) TEST_FAIL("fault %d was not told", kind);
    CHECK_INT(bourse_stream_state(stream, NULL), BOURSE_STREAM_LIVE);
    bourse_stream_close(stream);
    bourse_run(context, 0);
  }
  bourse_close(exchange);
  bourse_context_free(context);
  ws_server_stop(s);
}

TEST(a_thousand_reconnects_leave_memory_flat) {
  ws_server *s = ws_server_start(script, NULL);
  size_t before = 0;
  set_up(s);
  atomic_store(&faults_left, 0);
  for (int i = 0; i < 1000; i++) {
    int errors = 0;
    bourse_stream *stream = watch_trades();
    if (!trade_within(stream, 5000, &errors)) {
      TEST_FAIL("no trade on connection %d", i);
      bourse_stream_close(stream);
      break;
    }
    bourse_stream_close(stream);
    bourse_run(context, 0);
    if (i == 99) before = mallinfo2().uordblks;
  }
  size_t after = mallinfo2().uordblks;
  /* What libcurl keeps goes up and down by tens of kilobytes; a leak of 150 bytes each would be more. */
  if (after > before + 131072) TEST_FAIL("memory grew from %zu to %zu bytes", before, after);
  bourse_close(exchange);
  bourse_context_free(context);
  ws_server_stop(s);
}

TEST_MAIN()
