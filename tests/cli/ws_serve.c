/* ws_serve.c - an exchange played from a recording, on 127.0.0.1: ws_serve RECORDING PORTFILE [MILLISECONDS].
 *
 * Subscriptions are acknowledged; with the first, all that the recording received is sent, with a
 * pause before each message when MILLISECONDS are given. Requests over HTTP get what the
 * recording fetched from the same path, one after the other. The port goes into PORTFILE when there is one. Everything
 * that clients send goes to standard output, a line each. Ends with its standard input. */
#include "net/ws_server.h"

#include "support/files.h"
#include "support/json.h"

typedef struct played {
  pool p;
  const json **lines;
  uint32_t count;
  uint32_t fetched; /* how many fetched lines have been used */
  uint32_t pause_ms;
  pthread_mutex_t lock;
} played;

static void say(played *all, const char *what, const char *text) {
  pthread_mutex_lock(&all->lock);
  printf("%s %s\n", what, text);
  fflush(stdout);
  pthread_mutex_unlock(&all->lock);
}

/* --- HTTP --- */

static void answer(ws_peer *peer, played *all) {
  char path[256] = "", body[65536] = "{}";
  sscanf(peer->head, "%*s %255[^? ]", path);
  say(all, "request", path);
  pthread_mutex_lock(&all->lock);
  uint32_t seen = 0;
  for (uint32_t i = 0; i < all->count; i++) {
    const char *url = json_text_of(all->lines[i], "url");
    const json *message = json_get(all->lines[i], "msg");
    if (!json_is(all->lines[i], "dir", "rest") || url == NULL || message == NULL || strstr(url, path) == NULL) continue;
    snprintf(body, sizeof body, "%.*s", (int)(message->end - message->begin), message->begin);
    if (seen++ == all->fetched) break;
  }
  if (seen > all->fetched) all->fetched++;
  pthread_mutex_unlock(&all->lock);
  ws_refuse(peer, 200, "Content-Type: application/json\r\nConnection: close\r\n", body);
}

/* --- WebSocket --- */

/* The value of a member as it stands, wherever it is; "" when there is none. */
static void member(char out[256], const char *text, const char *name) {
  char search[64];
  snprintf(search, sizeof search, "\"%s\":", name);
  const char *at = strstr(text, search);
  out[0] = '\0';
  if (at == NULL) return;
  at += strlen(search);
  size_t length = at[0] == '"' ? strcspn(at + 1, "\"") + 2 : at[0] == '[' ? strcspn(at, "]") + 1 : strcspn(at, ",}");
  snprintf(out, 256, "%.*s", (int)length, at);
}

static void acknowledge(ws_peer *peer, const char *text) {
  char id[256], method[256], channel[256], symbol[256], reply[2048];
  member(id, text, "req_id");
  member(method, text, "method");
  member(channel, text, "channel");
  member(symbol, text, "symbol");
  if (id[0] != '\0') {
    char *end = strrchr(symbol, ']');
    if (end != NULL) *end = '\0';
    snprintf(reply, sizeof reply,
             "{\"method\":%s,\"req_id\":%s,\"success\":true,\"result\":{\"channel\":%s,\"symbol\":%s}}", method, id,
             channel[0] != '\0' ? channel : "null", symbol[0] == '[' ? symbol + 1 : "null");
  } else {
    member(id, text, "id");
    if (id[0] == '\0') return;
    int by_key = strstr(method, "userDataStream") != NULL;
    snprintf(reply, sizeof reply,
             by_key ? "{\"id\":%s,\"status\":200,\"result\":{\"subscriptionId\":0}}" : "{\"result\":null,\"id\":%s}",
             id);
  }
  ws_text(peer, reply);
}

static void play(ws_peer *peer, const played *all) {
  for (uint32_t i = 0; i < all->count; i++) {
    const json *message = json_get(all->lines[i], "msg");
    if (!json_is(all->lines[i], "dir", "in") || message == NULL) continue;
    if (json_get(message, "req_id") != NULL || json_get(message, "id") != NULL) continue; /* acknowledged already */
    usleep(all->pause_ms * 1000);
    if (message->kind == JSON_STRING)
      ws_text(peer, json_text(message));
    else
      ws_send(peer, WS_TEXT, message->begin, (size_t)(message->end - message->begin));
  }
}

static void script(ws_peer *peer, void *user_data) {
  played *all = user_data;
  char value[256];
  ws_frame_in in = {0};
  int played_out = 0;
  if (ws_header(peer, "Sec-WebSocket-Key", value)[0] == '\0') {
    answer(peer, all);
    return;
  }
  ws_accept(peer, NULL);
  while (ws_read(peer, &in) >= 0) {
    if (in.opcode == WS_CLOSE) {
      say(all, "close", "");
      ws_send(peer, WS_CLOSE, in.payload, in.length < 2 ? in.length : 2);
      break;
    }
    if (in.opcode == WS_PING) ws_send(peer, WS_PONG, in.payload, in.length);
    if (in.opcode != WS_TEXT) continue;
    say(all, "message", in.payload);
    acknowledge(peer, in.payload);
    if (!played_out) play(peer, all);
    played_out = 1;
  }
  ws_frame_free(&in);
}

int main(int argc, char **argv) {
  played all = {.lock = PTHREAD_MUTEX_INITIALIZER};
  size_t length = 0;
  if (argc != 3 && argc != 4) return 2;
  all.pause_ms = argc == 4 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0;
  const char *bytes = read_file(&all.p, argv[1], &length), *cursor = bytes, *error = NULL;
  if (bytes == NULL) return 2;
  all.lines = pool_alloc(&all.p, (length / 8 + 1) * sizeof *all.lines);
  for (const json *line; (line = json_parse_next(&all.p, &cursor, bytes + length, &error)) != NULL;)
    all.lines[all.count++] = line;
  if (error != NULL) return 2;
  ws_server *server = ws_server_start(script, &all);
  char *waiting = pool_format(&all.p, "%s.new", argv[2]);
  FILE *file = fopen(waiting, "w");
  if (file == NULL) return 2;
  fprintf(file, "%d\n", server->port);
  fclose(file);
  rename(waiting, argv[2]);
  while (getchar() != EOF) continue;
  ws_server_stop(server);
  pool_free(&all.p);
  return 0;
}
