/* world.c */
#include "support/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* --- Memory --- */

static int fails(world *w) { return w->fail_at > 0 && --w->fail_at == 0; }

static void *allocate(void *user_data, size_t size) {
  world *w = user_data;
  void *memory = fails(w) ? NULL : malloc(size);
  if (memory != NULL) w->allocations++;
  return memory;
}

static void *reallocate(void *user_data, void *memory, size_t size) {
  world *w = user_data;
  void *moved = fails(w) ? NULL : realloc(memory, size);
  if (moved != NULL && memory == NULL) w->allocations++;
  return moved;
}

static void release(void *user_data, void *memory) {
  world *w = user_data;
  if (memory != NULL) w->allocations--;
  free(memory);
}

/* --- Clock and randomness --- */

static int64_t now_ns(void *user_data) { return ((world *)user_data)->now_ns; }
static int64_t monotonic_ns(void *user_data) { return ((world *)user_data)->monotonic_ns; }

static void fill_random(void *user_data, void *out, size_t size) {
  world *w = user_data;
  for (size_t i = 0; i < size; i++) {
    w->random_state = w->random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    ((unsigned char *)out)[i] = (unsigned char)(w->random_state >> 33);
  }
}

/* --- Network --- */

static void split_url(world *w, world_request *request) {
  const char *scheme_end = strstr(request->url, "://");
  const char *host = scheme_end == NULL ? request->url : scheme_end + 3;
  const char *path = host + strcspn(host, "/?"), *query = strchr(path, '?');
  request->scheme = pool_copy(&w->memory, request->url, scheme_end == NULL ? 0 : (size_t)(scheme_end - request->url));
  request->host = pool_copy(&w->memory, host, (size_t)(path - host));
  request->path = pool_copy(&w->memory, path, strcspn(path, "?"));
  request->query = query == NULL ? "" : query + 1;
}

static int32_t send_request(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  world *w = user_data;
  world_request *copy = pool_alloc(&w->memory, sizeof *copy);
  copy->method = pool_string(&w->memory, request->method);
  copy->url = pool_string(&w->memory, request->url);
  split_url(w, copy);
  if (request->body != NULL) copy->body = pool_copy(&w->memory, request->body, request->body_length);
  copy->body_length = request->body_length;
  copy->header_count = request->header_count;
  copy->headers = pool_alloc(&w->memory, (request->header_count + 1) * sizeof *copy->headers);
  for (uint32_t i = 0; i < request->header_count; i++) {
    copy->headers[i].name = pool_string(&w->memory, request->headers[i].name);
    copy->headers[i].value = pool_string(&w->memory, request->headers[i].value);
  }
  copy->token = token;
  *w->requests_end = copy;
  w->requests_end = &copy->next;
  w->request_count++;
  return BOURSE_OK;
}

static void cancel_request(void *user_data, bourse_exchange_token *token) {
  world *w = user_data;
  for (world_request *request = w->requests; request != NULL; request = request->next)
    if (request->token == token && request->state == WORLD_WAITING) request->state = WORLD_CANCELED;
}

void world_reply_to(world *w, world_request *request, const world_reply *reply) {
  bourse_http_reply whole = {
      .struct_size = sizeof whole,
      .error = reply->error,
      .http_status = reply->error != 0 ? 0 : reply->status,
      .sent = reply->sent != 0 ? reply->sent : BOURSE_YES,
      .headers = reply->headers,
      .header_count = reply->header_count,
      .body = reply->body == NULL ? "" : reply->body,
      .body_length = reply->length,
      .error_text = reply->error != 0 ? "the made-up network says so" : NULL,
      .sent_ns = w->monotonic_ns,
      .received_ns = w->now_ns,
      .received_monotonic_ns = w->monotonic_ns,
  };
  bourse_exchange_token *token = request->token;
  request->state = WORLD_ANSWERED;
  bourse_transport_complete(token, &whole);
}

static void answer_all(void *user_data) {
  world *w = user_data;
  if (w->play != NULL) w->play(w);
  if (w->answer == NULL) return;
  for (world_request *request = w->requests; request != NULL; request = request->next) {
    world_reply reply = {0};
    reply.status = 200;
    if (request->state == WORLD_WAITING && w->answer(w, request, &reply)) world_reply_to(w, request, &reply);
  }
}

/* --- Sockets --- */

static int32_t note(world *w, int kind, world_socket *socket, const char *text, size_t length) {
  if (w->action_count == WORLD_ACTIONS) return BOURSE_ERROR_QUEUE_FULL;
  w->actions[w->action_count++] = (world_action){kind, socket, pool_copy(&w->memory, text, length), length};
  return BOURSE_OK;
}

static int32_t connect_socket(void *user_data, const bourse_socket_request *request, bourse_socket_token *token,
                              void **out) {
  world *w = user_data;
  world_socket *socket = pool_alloc(&w->memory, sizeof *socket);
  socket->url = pool_string(&w->memory, request->url);
  socket->token = token;
  *out = socket;
  return note(w, WORLD_CONNECTS, socket, socket->url, strlen(socket->url));
}

static int32_t send_message(void *user_data, void *socket, int32_t kind, const char *bytes, size_t length) {
  if (kind != BOURSE_MESSAGE_TEXT) return BOURSE_OK; /* pings are the connection's own */
  return note(user_data, WORLD_SENDS, socket, bytes, length);
}

static void pause_socket(void *user_data, void *socket, int32_t paused) {
  (void)user_data;
  (void)socket;
  (void)paused;
}

static void disconnect_socket(void *user_data, void *socket) {
  ((world_socket *)socket)->state = WORLD_CLOSED;
  note(user_data, WORLD_DISCONNECTS, socket, "", 0);
}

void world_socket_open(world *w, world_socket *socket) {
  (void)w;
  socket->state = WORLD_OPEN;
  bourse_socket_opened(socket->token);
}

void world_socket_say(world *w, world_socket *socket, const char *bytes, size_t length) {
  if (socket->state == WORLD_OPEN)
    bourse_socket_message(socket->token, BOURSE_MESSAGE_TEXT, bytes, length, w->now_ns, w->monotonic_ns);
}

void world_socket_end(world *w, world_socket *socket, const bourse_socket_end *how) {
  (void)w;
  socket->state = WORLD_CLOSED;
  bourse_socket_closed(socket->token, how);
}

/* --- Log and records --- */

static void take_log(void *user_data, int32_t level, const char *message) {
  world *w = user_data;
  (void)level;
  buffer_string(&w->log, message);
  buffer_string(&w->log, "\n");
}

static void take_wire(void *user_data, const bourse_wire_record *record) {
  world *w = user_data;
  const char *const parts[] = {record->method, record->url, record->headers, record->body};
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    if (parts[i] != NULL) buffer_string(&w->wire, parts[i]);
    buffer_string(&w->wire, "\n");
  }
  if (record->reply != NULL) buffer_add(&w->wire, record->reply, record->reply_length);
  buffer_string(&w->wire, "\n");
}

/* --- The whole --- */

void world_init(world *w, int64_t now_ms) {
  memset(w, 0, sizeof *w);
  w->now_ns = now_ms * 1000000;
  w->monotonic_ns = INT64_C(1000000000000);
  w->random_state = 42;
  w->requests_end = &w->requests;
}

bourse_context *world_context(world *w) {
  bourse_transport transport = {.struct_size = sizeof transport,
                                .api_version = BOURSE_API_VERSION,
                                .user_data = w,
                                .send = send_request,
                                .cancel = cancel_request,
                                .run = answer_all,
                                .connect = connect_socket,
                                .send_message = send_message,
                                .pause = pause_socket,
                                .disconnect = disconnect_socket};
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_context *context;
  options.allocator = (bourse_allocator){w, allocate, reallocate, release};
  options.clock = (bourse_clock){w, now_ns, monotonic_ns};
  options.random = (bourse_random){w, fill_random};
  options.transport = &transport;
  options.log = take_log;
  options.log_user_data = w;
  options.log_level = BOURSE_LOG_DEBUG;
  options.on_wire = take_wire;
  options.on_wire_user_data = w;
  int32_t code = bourse_context_new(&context, &options);
  if (code == BOURSE_OK) return context;
  if (code != BOURSE_ERROR_MEMORY) fprintf(stderr, "no context: %s\n", bourse_error_name(code));
  return NULL;
}

long world_free(world *w) {
  long left = w->allocations;
  pool_free(&w->memory);
  buffer_free(&w->log);
  buffer_free(&w->wire);
  memset(w, 0, sizeof *w);
  w->requests_end = &w->requests;
  return left;
}

world_request *world_request_at(const world *w, uint32_t index) {
  world_request *request = w->requests;
  while (request != NULL && index-- > 0) request = request->next;
  return request;
}

void world_forget(world *w) {
  w->requests = NULL;
  w->requests_end = &w->requests;
  w->request_count = 0;
}

const char *world_header(const world_request *request, const char *name) {
  for (uint32_t i = 0; i < request->header_count; i++)
    if (strcasecmp(request->headers[i].name, name) == 0) return request->headers[i].value;
  return NULL;
}

int world_wait(world *w, bourse_context *context, bourse_event *event) {
  for (int turn = 0; turn < 1000; turn++) {
    answer_all(w);
    bourse_run(context, 0);
    if (bourse_next(context, event) > 0) return 1;
    int64_t wait_ms = bourse_timeout_ms(context);
    if (wait_ms > 0) { /* time passes only when there is nothing else to do */
      w->now_ns += wait_ms * 1000000;
      w->monotonic_ns += wait_ms * 1000000;
    }
  }
  return 0;
}
