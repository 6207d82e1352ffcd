/* tests/sim/network.c - see network.h. */
#include "network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/arena.h"
#include "net/websocket.h"

#define MS          INT64_C(1000000)
#define SECOND      (1000 * MS)
#define HEADERS_MAX 32

/* Bytes, or an end, on their way. */
typedef struct chunk {
  struct chunk *next;
  int64_t at_ns;
  size_t length;
  int32_t reset; /* the connection is broken when this arrives */
  int32_t ended; /* ... is closed */
  char bytes[];
} chunk;

typedef struct pipe_line {
  chunk *first;
  chunk *last;
  int64_t last_ns;
  int64_t cut_at;   /* bytes until it breaks; -1: never */
  int64_t spoil_at; /* byte that becomes 0xFF; -1: none */
  int64_t passed;
} pipe_line;

typedef struct wire {
  struct wire *next;
  network *net;
  sim_connection *server; /* NULL: the exchange's end is gone */
  pipe_line up, down;
  int64_t down_delay_ns; /* of the whole reply */
  int32_t silent;        /* nothing passes any more */
  int32_t connected;     /* the exchange has seen it */
  int32_t gone;          /* the client's end is: nobody is told anything */
  int32_t number;
  int64_t opened_ns;
  /* A request. */
  bourse_exchange_token *token;
  int64_t timeout_ns;
  int64_t sent_ns;
  char *reply;
  size_t reply_length;
  size_t reply_size_max;
  int32_t any_sent;
  int32_t refused; /* the connection was not made */
  int32_t canned;  /* status of an answer from something in between; 0: none */
  /* A WebSocket. */
  bourse_socket_token *socket_token;
  bourse__websocket socket;
  int32_t is_socket;
  int32_t paused;
  int32_t busy;
  char held[256]; /* a small frame that waits to go behind the next */
  size_t held_length;
  int64_t held_ns; /* until then */
} wire;

struct network {
  sim *server;
  draws random;
  const int64_t *now_ns;
  const int64_t *skew_ns;
  network_faults faults;
  wire *wires;
  int32_t faulty;
  int32_t trace;
  int32_t last_number;
  int32_t dead;
  void (*moment)(void *user_data);
  void *user_data;
  network_counts counts;
};

/* --- Numbers --- */

uint64_t draw(draws *d) {
  uint64_t z = (d->state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

uint64_t draw_below(draws *d, uint64_t bound) { return bound == 0 ? 0 : draw(d) % bound; }

int32_t draw_chance(draws *d, uint32_t of, uint32_t in) { return draw_below(d, in) < of; }

static int32_t chance(network *net, uint32_t of, uint32_t in) {
  if (!net->faulty || of == 0 || !draw_chance(&net->random, of, in)) return 0;
  net->counts.faults++;
  return 1;
}

static int64_t now(const network *net) { return *net->now_ns; }

static int64_t latency(network *net) { return (int64_t)(2 + draw_below(&net->random, 40)) * MS; }

static void *grab(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL) abort();
  return memory;
}

/* --- Lines --- */

static void line_init(pipe_line *line) { line->cut_at = line->spoil_at = -1; }

static void put_chunk(pipe_line *line, const void *bytes, size_t length, int64_t at_ns, int32_t reset, int32_t ended) {
  chunk *c = grab(sizeof *c + length);
  if (at_ns < line->last_ns) at_ns = line->last_ns;
  line->last_ns = at_ns;
  c->at_ns = at_ns;
  c->length = length;
  c->reset = reset;
  c->ended = ended;
  if (length > 0) memcpy(c->bytes, bytes, length);
  if (line->last == NULL)
    line->first = c;
  else
    line->last->next = c;
  line->last = c;
}

/* Sends bytes along a line, with what the plan says of it. */
static void send_along(wire *w, pipe_line *line, const void *bytes, size_t length, int64_t extra_ns) {
  const char *data = bytes;
  char *spoiled = NULL;
  size_t whole = length;
  int64_t at = now(w->net) + latency(w->net) + extra_ns;
  if (w->silent || (line->cut_at >= 0 && line->passed > line->cut_at)) return;
  if (line->cut_at >= 0 && line->passed + (int64_t)length > line->cut_at)
    length = (size_t)(line->cut_at - line->passed);
  if (line->spoil_at >= line->passed && line->spoil_at < line->passed + (int64_t)length) {
    spoiled = grab(length);
    memcpy(spoiled, data, length);
    spoiled[line->spoil_at - line->passed] = (char)0xFF;
    data = spoiled;
  }
  line->passed += (int64_t)whole;
  /* In up to three pieces. */
  size_t first = length > 1 ? (size_t)draw_below(&w->net->random, length) : length;
  if (first > 0) put_chunk(line, data, first, at, 0, 0);
  if (length > first)
    put_chunk(line, data + first, length - first, at + (int64_t)draw_below(&w->net->random, 3) * MS, 0, 0);
  if (length < whole) {
    put_chunk(&w->up, NULL, 0, at, 1, 0);
    put_chunk(&w->down, NULL, 0, at, 1, 0);
    w->net->counts.broken++;
  }
  free(spoiled);
}

static void empty_line(pipe_line *line) {
  while (line->first != NULL) {
    chunk *c = line->first;
    line->first = c->next;
    free(c);
  }
  line->last = NULL;
}

static chunk *take_due(network *net, pipe_line *line) {
  chunk *c = line->first;
  if (c == NULL || c->at_ns > now(net)) return NULL;
  line->first = c->next;
  if (line->first == NULL) line->last = NULL;
  return c;
}

/* --- Wires --- */

static wire *wire_new(network *net) {
  wire *w = grab(sizeof *w), **at = &net->wires;
  w->net = net;
  w->number = ++net->last_number;
  w->opened_ns = now(net);
  line_init(&w->up);
  line_init(&w->down);
  while (*at != NULL) at = &(*at)->next; /* oldest first, so that things happen in order */
  *at = w;
  return w;
}

static void wire_free(wire *w) {
  if (w->server != NULL) sim_disconnect(w->server);
  empty_line(&w->up);
  empty_line(&w->down);
  if (w->is_socket) bourse__websocket_free(&w->socket);
  free(w->reply);
  free(w);
}

static int64_t some_byte(network *net, size_t about) { return (int64_t)draw_below(&net->random, about + 1); }

/* --- From the exchange --- */

static size_t frame_size(const uint8_t *bytes, size_t length) {
  size_t head = 2, payload;
  if (length < 2) return 0;
  payload = bytes[1] & 127;
  if (payload == 126) {
    head = 4;
    if (length < head) return 0;
    payload = (size_t)bytes[2] << 8 | bytes[3];
  } else if (payload == 127) {
    head = 10;
    if (length < head) return 0;
    payload = 0;
    for (size_t i = 2; i < 10; i++) payload = payload << 8 | bytes[i];
  }
  return length < head + payload ? 0 : head + payload;
}

static void forward(wire *w, const uint8_t *bytes, size_t length) {
  send_along(w, &w->down, bytes, length, w->down_delay_ns);
  w->net->counts.messages++;
}

/* Messages of an account have no numbers at most exchanges: one that is lost, which TCP does not do, nobody could miss. */
static int32_t is_private(const uint8_t *bytes, size_t length) {
  static const char *const marks[] = {"executionReport",
                                      "\"executions\"",
                                      "\"fills",
                                      "_UPDATE\"",
                                      "\"open_orders",
                                      "outboundAccount",
                                      "\"balances",
                                      "\"topic\":\"order\"",
                                      "\"topic\":\"order.",
                                      "\"topic\":\"execution",
                                      "\"topic\":\"wallet",
                                      "\"channel\":\"orders",
                                      "\"channel\":\"account",
                                      "\"channelType\":\"private",
                                      ".UNIFIED\""};
  for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
    if (memmem(bytes, length, marks[i], strlen(marks[i])) != NULL) return 1;
  return 0;
}

/* A frame from the exchange, with what the plan says of frames. */
static void forward_frame(wire *w, const uint8_t *bytes, size_t length) {
  network *net = w->net;
  const network_faults *faults = &net->faults;
  if (net->trace)
    printf("      %d <= %.*s\n", w->number, (int)(length > 600 ? 600 : length) - 2, (const char *)bytes + 2);
  size_t head = length < 2 ? length : (bytes[1] & 127) == 126 ? 4 : (bytes[1] & 127) == 127 ? 10 : 2;
  int32_t closes = (bytes[0] & 15) == 8; /* then the exchange is away, and waits for no more than the answer */
  if (!closes && !is_private(bytes + head, length - head) && chance(net, faults->frame_drop, 10000)) return;
  if (length <= sizeof w->held && w->held_length == 0 && chance(net, faults->frame_swap, 10000)) {
    memcpy(w->held, bytes, length);
    w->held_length = length;
    w->held_ns = now(net) + 2 * SECOND;
    return;
  }
  if (chance(net, faults->frame_cut, 10000)) w->down.cut_at = w->down.passed + some_byte(net, length - 1);
  if (chance(net, faults->frame_spoil, 10000)) w->down.spoil_at = w->down.passed + some_byte(net, length - 1);
  forward(w, bytes, length);
  if (chance(net, faults->frame_twice, 10000)) forward(w, bytes, length);
  if (w->held_length > 0) forward(w, (uint8_t *)w->held, w->held_length);
  w->held_length = 0;
}

static void pump_server(wire *w) {
  size_t length = 0;
  if (w->server == NULL) return;
  if (w->held_length > 0 && now(w->net) >= w->held_ns) { /* no other came to go before it */
    forward(w, (uint8_t *)w->held, w->held_length);
    w->held_length = 0;
  }
  const uint8_t *bytes = sim_output(w->server, &length);
  size_t used = 0;
  if (length > 0 && w->is_socket && memcmp(bytes, "HTTP/", length < 5 ? length : 5) != 0) {
    for (size_t size; (size = frame_size(bytes + used, length - used)) > 0; used += size)
      forward_frame(w, bytes + used, size);
  } else if (length > 0) {
    const uint8_t *end = w->is_socket ? memmem(bytes, length, "\r\n\r\n", 4) : NULL;
    used = end != NULL ? (size_t)(end + 4 - bytes) : length;
    if (end != NULL && memmem(bytes, used, " 101 ", 5) == NULL) used = length;
    send_along(w, &w->down, bytes, used, w->down_delay_ns);
    sim_sent(w->server, used);
    if (used < length) pump_server(w);
    used = 0;
  }
  if (used > 0) sim_sent(w->server, used);
  sim_output(w->server, &length);
  int32_t ending = sim_is_ending(w->server);
  if (ending == 0 || (ending == 1 && length > 0)) return;
  put_chunk(&w->down, NULL, 0, now(w->net) + latency(w->net) + w->down_delay_ns, ending == 2, ending == 1);
  sim_disconnect(w->server);
  w->server = NULL;
}

/* What stands between answers by itself. */
static void answer_canned(wire *w) {
  static const char *const pages[] = {"<html><head><title>Bad Gateway</title></head></html>", "",
                                      "upstream connect error"};
  char text[512];
  const char *page = pages[draw_below(&w->net->random, 3)];
  snprintf(text, sizeof text, "HTTP/1.1 %d Nothing\r\nContent-Type: text/html\r\n%sContent-Length: %zu\r\n\r\n%s",
           (int)w->canned, w->canned == 429 ? "Retry-After: 2\r\n" : "", strlen(page), page);
  empty_line(&w->down);
  put_chunk(&w->down, text, strlen(text), now(w->net) + latency(w->net), 0, 0);
}

static void deliver_up(wire *w) {
  network *net = w->net;
  chunk *c;
  while ((c = take_due(net, &w->up)) != NULL) {
    if (c->reset || c->ended) {
      if (w->server != NULL) sim_disconnect(w->server);
      w->server = NULL;
    } else if (w->canned > 0) { /* it never comes to the exchange */
      if (!w->connected) answer_canned(w);
      w->connected = 1;
    } else {
      if (!w->connected) w->server = sim_connect(net->server, "10.0.0.1");
      w->connected = 1;
      if (w->server != NULL) sim_receive(w->server, c->bytes, c->length);
    }
    free(c);
  }
}

void network_deliver(network *net) {
  for (wire *w = net->wires; w != NULL; w = w->next) deliver_up(w);
  for (wire *w = net->wires; w != NULL; w = w->next) pump_server(w);
  /* What nobody holds any more, and nothing is under way on. */
  for (wire **at = &net->wires; *at != NULL;) {
    wire *w = *at;
    if (w->gone && w->up.first == NULL && w->busy == 0) {
      *at = w->next;
      wire_free(w);
    } else {
      at = &w->next;
    }
  }
}

int64_t network_next_ns(const network *net) {
  int64_t next = INT64_MAX;
  for (const wire *w = net->wires; w != NULL; w = w->next) {
    if (w->up.first != NULL && w->up.first->at_ns < next) next = w->up.first->at_ns;
    if (!w->gone && !w->paused && w->down.first != NULL && w->down.first->at_ns < next) next = w->down.first->at_ns;
    if (w->token != NULL && w->timeout_ns < next) next = w->timeout_ns;
    if (w->held_length > 0 && w->held_ns < next) next = w->held_ns;
  }
  return next;
}

int32_t network_is_silent(const network *net) {
  for (const wire *w = net->wires; w != NULL; w = w->next)
    if (w->is_socket && w->silent && !w->gone) return 1;
  return 0;
}

/* --- Requests --- */

static char *write_request(const bourse_http_request *request, size_t *out_length) {
  const char *host = strstr(request->url, "://") + 3, *path = strchr(host, '/');
  size_t size = strlen(request->url) + request->body_length + 512;
  for (uint32_t i = 0; i < request->header_count; i++)
    size += strlen(request->headers[i].name) + strlen(request->headers[i].value) + 4;
  char *text = grab(size);
  int at = snprintf(text, size, "%s %s HTTP/1.1\r\nHost: %.*s\r\n", request->method, path == NULL ? "/" : path,
                    (int)strcspn(host, "/"), host);
  for (uint32_t i = 0; i < request->header_count; i++)
    at += snprintf(text + at, size - (size_t)at, "%s: %s\r\n", request->headers[i].name, request->headers[i].value);
  if (request->body != NULL)
    at += snprintf(text + at, size - (size_t)at, "Content-Length: %zu\r\n", request->body_length);
  at += snprintf(text + at, size - (size_t)at, "\r\n");
  if (request->body != NULL) memcpy(text + at, request->body, request->body_length);
  *out_length = (size_t)at + (request->body == NULL ? 0 : request->body_length);
  return text;
}

static void plan_request(wire *w, size_t length, int64_t *late_ns) {
  network *net = w->net;
  const network_faults *faults = &net->faults;
  if (chance(net, faults->refuse, 1000)) w->refused = 1;
  if (chance(net, faults->cut_request, 1000)) w->up.cut_at = some_byte(net, length - 1);
  if (chance(net, faults->spoil_request, 1000)) w->up.spoil_at = some_byte(net, length - 1);
  if (chance(net, faults->cut_reply, 1000)) w->down.cut_at = some_byte(net, draw_chance(&net->random, 1, 2) ? 600 : 60);
  if (chance(net, faults->spoil_reply, 1000))
    w->down.spoil_at = some_byte(net, draw_chance(&net->random, 1, 2) ? 600 : 40);
  if (chance(net, faults->late_request, 1000)) *late_ns = (int64_t)draw_below(&net->random, 60) * SECOND;
  if (chance(net, faults->late_reply, 1000)) w->down_delay_ns = (int64_t)draw_below(&net->random, 60) * SECOND;
  if (chance(net, faults->gateway, 1000)) w->canned = 502 + (int32_t)draw_below(&net->random, 3);
  if (chance(net, faults->limit, 1000)) w->canned = 429;
  /* An answer from in between, though the request goes on to the exchange. */
  if (w->canned >= 500 && draw_chance(&net->random, 1, 2)) w->canned = -w->canned;
  if (chance(net, faults->silent, 1000)) w->silent = 2; /* from the reply on */
}

static int32_t is_dead(network *net) {
  if (!net->dead && net->moment != NULL) net->moment(net->user_data);
  return net->dead;
}

static int32_t net_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  network *net = user_data;
  if (is_dead(net)) return BOURSE_OK;
  wire *w = wire_new(net);
  size_t length;
  int64_t late = 0;
  char *text = write_request(request, &length);
  net->counts.requests++;
  w->token = token;
  w->timeout_ns = now(net) + request->timeout_ms * MS;
  w->sent_ns = now(net);
  w->reply_size_max = request->reply_size_max;
  plan_request(w, length, &late);
  if (net->trace) printf("      %d => %.*s\n", w->number, (int)(length > 600 ? 600 : length), text);
  if (w->refused) {
    put_chunk(&w->down, NULL, 0, now(net) + latency(net), 1, 0);
  } else {
    int32_t silent = w->silent;
    w->silent = 0;
    w->any_sent = w->up.cut_at != 0;
    send_along(w, &w->up, text, length, late);
    w->silent = silent;
    if (w->canned < 0) {
      w->canned = -w->canned;
      answer_canned(w);
      w->canned = 0; /* what the exchange says comes after it, and is not read */
    }
  }
  free(text);
  (void)is_dead(net);
  return BOURSE_OK;
}

static void complete(wire *w, bourse_http_reply *reply) {
  bourse_exchange_token *token = w->token;
  reply->struct_size = sizeof *reply;
  reply->sent_ns = w->sent_ns;
  reply->received_ns = now(w->net) + *w->net->skew_ns;
  reply->received_monotonic_ns = now(w->net);
  if (w->net->trace)
    printf("      %d <- %d %d %.*s\n", w->number, (int)reply->error, (int)reply->http_status,
           (int)(reply->body_length > 600 ? 600 : reply->body_length), reply->body == NULL ? "" : reply->body);
  w->token = NULL;
  w->gone = 1;
  w->net->counts.replies++;
  w->busy++;
  bourse_transport_complete(token, reply);
  w->busy--;
}

static void complete_error(wire *w, int32_t error, const char *text) {
  bourse_http_reply reply = {.error = error, .error_text = text, .sent = w->any_sent ? BOURSE_YES : BOURSE_NO};
  complete(w, &reply);
}

/* 1: it is whole (and was handed over, or failed). */
static int32_t try_reply(wire *w, int32_t ended) {
  bourse_http_header headers[HEADERS_MAX];
  bourse_http_reply reply = {.sent = BOURSE_YES, .headers = headers};
  char *head_end = w->reply == NULL ? NULL : memmem(w->reply, w->reply_length, "\r\n\r\n", 4);
  size_t body_length = 0;
  int32_t said = 0;
  if (head_end == NULL) return 0;
  size_t head = (size_t)(head_end + 4 - w->reply);
  char *copy = grab(head + 1), *line, *save = NULL;
  memcpy(copy, w->reply, head);
  int status = 0;
  line = strtok_r(copy, "\r\n", &save);
  if (line == NULL || sscanf(line, "HTTP/1.1 %3d", &status) != 1 || status < 100 || status > 599) {
    complete_error(w, BOURSE_ERROR_BAD_REPLY, "the reply is not HTTP");
    free(copy);
    return 1;
  }
  while ((line = strtok_r(NULL, "\r\n", &save)) != NULL && reply.header_count < HEADERS_MAX) {
    char *colon = strchr(line, ':');
    if (colon == NULL) continue;
    *colon = '\0';
    for (char *c = line; *c != '\0'; c++)
      if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + 32);
    headers[reply.header_count].name = line;
    headers[reply.header_count].value = colon + 1 + strspn(colon + 1, " ");
    if (strcmp(line, "content-length") == 0) {
      said = 1;
      body_length = (size_t)strtoull(headers[reply.header_count].value, NULL, 10);
    }
    reply.header_count++;
  }
  reply.http_status = status;
  if (!said) body_length = ended ? w->reply_length - head : SIZE_MAX;
  int32_t whole = body_length != SIZE_MAX && w->reply_length - head >= body_length;
  if (whole) {
    reply.body = w->reply + head;
    reply.body_length = body_length;
    complete(w, &reply);
  }
  free(copy);
  return whole;
}

static void receive_reply(wire *w) {
  chunk *c;
  while (w->token != NULL && (c = take_due(w->net, &w->down)) != NULL) {
    if (c->length > 0) {
      w->reply = realloc(w->reply, w->reply_length + c->length + 1);
      if (w->reply == NULL) abort();
      memcpy(w->reply + w->reply_length, c->bytes, c->length);
      w->reply_length += c->length;
      w->reply[w->reply_length] = '\0';
    }
    int32_t whole = try_reply(w, c->ended);
    if (!whole && (c->reset || c->ended))
      complete_error(w, w->refused ? BOURSE_ERROR_CONNECT : BOURSE_ERROR_DISCONNECTED,
                     w->refused ? "connection refused" : "connection reset");
    free(c);
  }
  if (w->token != NULL && now(w->net) >= w->timeout_ns) complete_error(w, BOURSE_ERROR_TIMEOUT, "no answer in time");
}

static void net_cancel(void *user_data, bourse_exchange_token *token) {
  network *net = user_data;
  for (wire *w = net->wires; w != NULL; w = w->next)
    if (w->token == token) {
      w->token = NULL;
      w->gone = 1;
    }
}

/* --- WebSockets --- */

static void flush_socket(wire *w) {
  size_t length;
  const uint8_t *bytes;
  while ((bytes = bourse__websocket_output(&w->socket, &length)) != NULL && length > 0) {
    send_along(w, &w->up, bytes, length, 0);
    bourse__websocket_sent(&w->socket, length);
  }
}

static void seed_random(void *user_data, void *out, size_t size) {
  for (size_t i = 0; i < size; i++) ((uint8_t *)out)[i] = (uint8_t)draw(&((network *)user_data)->random);
}

static int32_t net_connect(void *user_data, const bourse_socket_request *request, bourse_socket_token *token,
                           void **out_socket) {
  network *net = user_data;
  if (is_dead(net)) return BOURSE_ERROR_CONNECT;
  wire *w = wire_new(net);
  const char *host = strstr(request->url, "://") + 3;
  size_t host_length = strcspn(host, "/?");
  bourse__websocket_options options = {{net, seed_random}, request->message_size_max, 4u << 20};
  bourse__websocket_upgrade upgrade = {.host = host,
                                       .host_length = host_length,
                                       .path = host + host_length,
                                       .path_length = strlen(host + host_length),
                                       .headers = request->headers,
                                       .header_count = request->header_count};
  w->is_socket = 1;
  w->socket_token = token;
  w->timeout_ns = now(net) + request->timeout_ms * MS;
  bourse__websocket_init(&w->socket, &bourse__default_allocator, &options);
  if (bourse__websocket_begin(&w->socket, &upgrade) != BOURSE_OK) abort();
  if (net->trace) printf("      %d => upgrade %s\n", w->number, request->url);
  if (chance(net, net->faults.refuse, 1000)) w->refused = 1;
  if (chance(net, net->faults.gateway, 1000)) w->canned = 502 + (int32_t)draw_below(&net->random, 3);
  if (chance(net, net->faults.cut_socket, 1000)) w->up.cut_at = some_byte(net, 3000);
  if (chance(net, net->faults.cut_socket, 1000)) w->down.cut_at = some_byte(net, 60000);
  if (w->refused)
    put_chunk(&w->down, NULL, 0, now(net) + latency(net), 1, 0);
  else
    flush_socket(w);
  *out_socket = w;
  return BOURSE_OK;
}

static void end_socket(wire *w, int32_t error, int32_t status, int32_t code, const char *text) {
  bourse_socket_end end = {
      .struct_size = sizeof end, .error = error, .http_status = status, .close_code = code, .text = text};
  bourse_socket_token *token = w->socket_token;
  if (token == NULL) return;
  w->socket_token = NULL;
  flush_socket(w);
  put_chunk(&w->up, NULL, 0, now(w->net) + latency(w->net), 0, 1);
  w->gone = 1;
  if (w->net->trace) printf("      %d ended %d %d %d %s\n", w->number, (int)error, (int)status, (int)code, text);
  bourse_socket_closed(token, &end);
}

static void read_socket(wire *w) {
  bourse__websocket_event event = {0};
  int32_t kind;
  while (w->socket_token != NULL && (kind = bourse__websocket_next(&w->socket, &event)) != BOURSE__WEBSOCKET_NOTHING) {
    char text[128];
    snprintf(text, sizeof text, "%.*s", (int)(event.length > 100 ? 100 : event.length),
             event.bytes == NULL ? "" : event.bytes);
    if (kind == BOURSE__WEBSOCKET_OPENED)
      bourse_socket_opened(w->socket_token);
    else if (kind == BOURSE__WEBSOCKET_CLOSED)
      end_socket(w, BOURSE_OK, 0, event.code, text);
    else if (kind == BOURSE__WEBSOCKET_REFUSED)
      end_socket(w, BOURSE_ERROR_CONNECT, event.code, 0, text);
    else if (kind < 0)
      end_socket(w, kind, 0, 0, event.text);
    else
      bourse_socket_message(w->socket_token, kind, event.bytes, event.length, now(w->net) + *w->net->skew_ns,
                            now(w->net));
    if (w->paused) return;
  }
}

static void receive_socket(wire *w) {
  chunk *c;
  w->busy++;
  if (w->socket_token != NULL && !w->paused) read_socket(w);
  while (w->socket_token != NULL && !w->paused && (c = take_due(w->net, &w->down)) != NULL) {
    for (size_t at = 0; at < c->length;) {
      size_t room;
      uint8_t *into = bourse__websocket_room(&w->socket, &room);
      if (into == NULL) abort();
      if (room > c->length - at) room = c->length - at;
      memcpy(into, c->bytes + at, room);
      bourse__websocket_received(&w->socket, room);
      at += room;
      read_socket(w);
    }
    if (c->reset || c->ended)
      end_socket(w, w->refused ? BOURSE_ERROR_CONNECT : BOURSE_ERROR_DISCONNECTED, 0, 0,
                 w->refused ? "connection refused" : "connection reset");
    free(c);
  }
  if (w->socket_token != NULL && !bourse__websocket_is_open(&w->socket) && now(w->net) >= w->timeout_ns)
    end_socket(w, BOURSE_ERROR_TIMEOUT, 0, 0, "the upgrade was not answered in time");
  if (w->socket_token != NULL) flush_socket(w);
  w->busy--;
}

static int32_t net_send_message(void *user_data, void *socket, int32_t kind, const char *bytes, size_t length) {
  wire *w = socket;
  network *net = user_data;
  if (is_dead(net)) return BOURSE_OK;
  if (w->socket_token == NULL) return BOURSE_ERROR_STATE;
  if (net->trace) printf("      %d => %.*s\n", w->number, (int)(length > 600 ? 600 : length), bytes);
  if (w->silent == 0 && chance(net, net->faults.silent, 10000)) w->silent = 1;
  int32_t code = bourse__websocket_send(&w->socket, kind, bytes, length);
  if (code == BOURSE_OK) flush_socket(w);
  return code;
}

static void net_pause(void *user_data, void *socket, int32_t paused) {
  if (!((network *)user_data)->dead) ((wire *)socket)->paused = paused;
}

static void net_disconnect(void *user_data, void *socket) {
  wire *w = socket;
  if (((network *)user_data)->dead) return; /* the wire may be gone already */
  w->socket_token = NULL;
  bourse__websocket_close(&w->socket, 1000);
  flush_socket(w);
  put_chunk(&w->up, NULL, 0, now(w->net) + latency(w->net), 0, 1);
  w->gone = 1;
}

/* --- The whole --- */

static void net_run(void *user_data) {
  network *net = user_data;
  for (wire *w = net->wires; w != NULL; w = w->next) {
    if (w->token != NULL) receive_reply(w);
    if (w->is_socket && w->socket_token != NULL) receive_socket(w);
  }
}

bourse_transport network_transport(network *net) {
  return (bourse_transport){.struct_size = sizeof(bourse_transport),
                            .api_version = BOURSE_API_VERSION,
                            .user_data = net,
                            .send = net_send,
                            .cancel = net_cancel,
                            .run = net_run,
                            .connect = net_connect,
                            .send_message = net_send_message,
                            .pause = net_pause,
                            .disconnect = net_disconnect};
}

network *network_new(sim *server, uint64_t seed, const int64_t *now_ns, const int64_t *skew_ns) {
  network *net = grab(sizeof *net);
  net->server = server;
  net->random.state = seed;
  net->now_ns = now_ns;
  net->skew_ns = skew_ns;
  return net;
}

void network_free(network *net) {
  if (net == NULL) return;
  while (net->wires != NULL) {
    wire *w = net->wires;
    net->wires = w->next;
    wire_free(w);
  }
  free(net);
}

void network_orphan(network *net) {
  for (wire *w = net->wires; w != NULL; w = w->next) {
    if (w->is_socket && w->socket_token != NULL) put_chunk(&w->up, NULL, 0, now(net) + latency(net), 1, 0);
    w->token = NULL;
    w->socket_token = NULL;
    w->gone = 1;
  }
  net->dead = 1;
}

void network_alive(network *net) { net->dead = 0; }

void network_on_send(network *net, void (*moment)(void *user_data), void *user_data) {
  net->moment = moment;
  net->user_data = user_data;
}

void network_faulty(network *net, const network_faults *faults) {
  net->faults = *faults;
  net->faulty = 1;
}

void network_heal(network *net) { net->faulty = 0; }
void network_trace(network *net, int32_t on) { net->trace = on; }
const network_counts *network_count(const network *net) { return &net->counts; }
