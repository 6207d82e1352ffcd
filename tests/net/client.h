/* tests/net/client.h - for tests: a loop with the default transport on it, and what became of each request. */
#ifndef TESTS_NET_CLIENT_H
#define TESTS_NET_CLIENT_H

#include <string.h>

#include <bourse/error.h>

#include "core/arena.h"
#include "core/log.h"
#include "net/http.h"
#include "test.h"

#define CLIENT_PATIENCE_NS 60000000000LL

/* Its address is the token of its request. */
typedef struct outcome {
  int completed;
  int32_t error;
  int32_t status;
  int32_t sent;
  char *body; /* NUL-terminated copy */
  size_t body_length;
  uint32_t header_count;
  char headers[4096]; /* "name=value\n" ... as far as there is room */
  char text[300];
  int64_t sent_ns;
  int64_t received_ns;
  int64_t received_monotonic_ns;
  int refused;                           /* by the transport: nothing will come */
  void (*then)(struct outcome *outcome); /* called in the completion */
  void *user_data;
} outcome;

void bourse_transport_complete(bourse_exchange_token *token, const bourse_http_reply *reply) {
  outcome *o = (outcome *)(void *)token;
  o->completed++;
  o->error = reply->error;
  o->status = reply->http_status;
  o->sent = reply->sent;
  o->body = malloc(reply->body_length + 1);
  if (reply->body_length > 0) memcpy(o->body, reply->body, reply->body_length);
  o->body[reply->body_length] = '\0';
  o->body_length = reply->body_length;
  o->header_count = reply->header_count;
  for (uint32_t i = 0; i < reply->header_count; i++) {
    size_t used = strlen(o->headers);
    snprintf(o->headers + used, sizeof o->headers - used, "%s=%s\n", reply->headers[i].name, reply->headers[i].value);
  }
  snprintf(o->text, sizeof o->text, "%s", reply->error_text != NULL ? reply->error_text : "");
  o->sent_ns = reply->sent_ns;
  o->received_ns = reply->received_ns;
  o->received_monotonic_ns = reply->received_monotonic_ns;
  if (o->then != NULL) o->then(o);
}

typedef struct client {
  bourse__loop *loop;
  bourse__http *http;
  bourse_transport transport;
} client;

static inline client client_open_with(const bourse_allocator *allocator, const bourse_clock *clock,
                                      bourse__http_options options) {
  client c = {0};
  if (options.proxy == NULL) options.proxy = ""; /* whatever this machine's environment says */
  CHECK_INT(bourse__loop_new(&c.loop, &bourse__default_allocator, clock), BOURSE_OK);
  CHECK_INT(bourse__http_new(&c.http, c.loop, allocator, &options), BOURSE_OK);
  bourse__http_transport(c.http, &c.transport);
  return c;
}

static inline client client_open(void) {
  return client_open_with(&bourse__default_allocator, NULL, (bourse__http_options){0});
}

static inline void client_close(client *c) {
  bourse__http_free(c->http);
  bourse__loop_free(c->loop);
}

static inline void outcome_free(outcome *o) { free(o->body); }

static inline bourse_http_request client_request(const char *method, const char *url) {
  return (bourse_http_request){.struct_size = sizeof(bourse_http_request),
                               .method = method,
                               .url = url,
                               .timeout_ms = 30000,
                               .reply_size_max = 1 << 24};
}

static inline int32_t client_send(client *c, outcome *o, const bourse_http_request *request) {
  void (*then)(outcome *) = o->then;
  void *user_data = o->user_data;
  memset(o, 0, sizeof *o);
  o->then = then;
  o->user_data = user_data;
  int32_t code = c->transport.send(c->transport.user_data, request, (bourse_exchange_token *)(void *)o);
  o->refused = code != BOURSE_OK;
  return code;
}

static inline void client_cancel(client *c, outcome *o) {
  c->transport.cancel(c->transport.user_data, (bourse_exchange_token *)(void *)o);
}

static inline void client_wait(client *c, outcome *o) {
  int64_t until = bourse__loop_monotonic_ns(c->loop) + CLIENT_PATIENCE_NS;
  while (!o->completed && !o->refused && bourse__loop_monotonic_ns(c->loop) < until)
    CHECK(bourse__loop_run(c->loop, 1000) >= 0);
#ifdef TEST_TORTURE
  if (!o->completed && !o->refused) raise(SIGALRM); /* what was taken is completed, come what may */
#endif
  CHECK_INT(o->completed, 1);
}

/* Lets the loop go on for some time. */
static inline void client_run_for(client *c, int64_t ms) {
  int64_t until = bourse__loop_monotonic_ns(c->loop) + ms * 1000000;
  while (bourse__loop_monotonic_ns(c->loop) < until) CHECK(bourse__loop_run(c->loop, 1) >= 0);
}

static inline void client_do(client *c, outcome *o, const char *method, const char *url, const char *body) {
  bourse_http_request request = client_request(method, url);
  request.body = body;
  request.body_length = body != NULL ? strlen(body) : 0;
  CHECK_INT(client_send(c, o, &request), BOURSE_OK);
  client_wait(c, o);
}

static inline const char *client_url(char out[200], int port, const char *path) {
  snprintf(out, 200, "http://127.0.0.1:%d%s", port, path);
  return out;
}

#endif
