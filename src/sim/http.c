/* sim/http.c - HTTP/1.1 as a server: requests out of bytes, however they are cut, and replies. RFC 9112. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "core.h"

#define HEAD_MAX (64 * 1024)
#define BODY_MAX (4 * 1024 * 1024)

static const char *status_text(int32_t status) {
  static const struct {
    int32_t status;
    const char *text;
  } rows[] = {{100, "Continue"},
              {101, "Switching Protocols"},
              {200, "OK"},
              {400, "Bad Request"},
              {401, "Unauthorized"},
              {403, "Forbidden"},
              {404, "Not Found"},
              {405, "Method Not Allowed"},
              {408, "Request Timeout"},
              {409, "Conflict"},
              {413, "Content Too Large"},
              {418, "I'm a teapot"},
              {426, "Upgrade Required"},
              {429, "Too Many Requests"},
              {431, "Request Header Fields Too Large"},
              {500, "Internal Server Error"},
              {501, "Not Implemented"},
              {502, "Bad Gateway"},
              {503, "Service Unavailable"},
              {504, "Gateway Timeout"},
              {505, "HTTP Version Not Supported"},
              {520, "Unknown Error"}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].status == status) return rows[i].text;
  return status < 300 ? "OK" : "Error";
}

/* --- Replies --- */

void sim_reply_status(sim_reply *reply, int32_t status) { reply->status = status; }
int32_t sim_reply_get_status(const sim_reply *reply) { return reply->status; }

void sim_reply_header(sim_reply *reply, const char *name, const char *format, ...) {
  char value[1024];
  va_list arguments;
  va_start(arguments, format);
  (void)vsnprintf(value, sizeof value, format, arguments);
  va_end(arguments);
  sim_buffer_format(&reply->headers, "%s: %s\r\n", name, value);
}

void sim_reply_json(sim_reply *reply, cJSON *json) {
  cJSON_Delete(reply->json);
  reply->json = json;
  reply->content_type = "application/json;charset=UTF-8";
}

cJSON *sim_reply_take_json(sim_reply *reply) {
  cJSON *json = reply->json;
  reply->json = NULL;
  return json;
}

void sim_reply_text(sim_reply *reply, const char *content_type, const char *text) {
  cJSON_Delete(reply->json);
  reply->json = NULL;
  reply->content_type = content_type;
  reply->text.length = 0;
  sim_buffer_text(&reply->text, text);
}

void sim_reply_clear(sim_reply *reply) {
  cJSON_Delete(reply->json);
  sim_buffer_free(&reply->headers);
  sim_buffer_free(&reply->text);
  memset(reply, 0, sizeof *reply);
  reply->status = 200;
}

sim_reply *sim_reply_new(void) {
  sim_reply *reply = sim_alloc(sizeof *reply);
  reply->status = 200;
  return reply;
}

void sim_reply_free(sim_reply *reply) {
  sim_reply_clear(reply);
  free(reply);
}

static void add_date(sim_buffer *out, int64_t now_ns) {
  char text[64];
  time_t seconds = (time_t)(now_ns / SIM_SECOND_NS);
  struct tm parts;
  if (gmtime_r(&seconds, &parts) == NULL) return;
  if (strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts) > 0)
    sim_buffer_format(out, "Date: %s\r\n", text);
}

/* The reply as bytes. */
static void write_reply(sim_buffer *out, sim *s, sim_reply *reply, int32_t closes, int32_t is_head) {
  if (reply->json != NULL) {
    char *text = cJSON_PrintUnformatted(reply->json);
    if (text != NULL) {
      reply->text.length = 0;
      sim_buffer_text(&reply->text, text);
    }
    cJSON_free(text);
  }
  sim_buffer_format(out, "HTTP/1.1 %d %s\r\n", (int)reply->status, status_text(reply->status));
  if (reply->content_type != NULL) sim_buffer_format(out, "Content-Type: %s\r\n", reply->content_type);
  sim_buffer_format(out, "Content-Length: %zu\r\nConnection: %s\r\n", reply->text.length,
                    closes ? "close" : "keep-alive");
  add_date(out, sim_clock_ns(s));
  if (reply->headers.length > 0) sim_buffer_add(out, reply->headers.bytes, reply->headers.length);
  sim_buffer_text(out, "\r\n");
  if (!is_head && reply->text.length > 0) sim_buffer_add(out, reply->text.bytes, reply->text.length);
}

static void refuse(sim_connection *c, int32_t status, const char *why) {
  sim_reply reply = {.status = status};
  sim_buffer out = {0};
  sim_reply_text(&reply, "text/plain", why);
  write_reply(&out, c->s, &reply, 1, 0);
  sim_emit(c, out.bytes, out.length);
  sim_buffer_free(&out);
  sim_reply_clear(&reply);
  c->in.length = 0;
  c->ending = SIM_ENDS;
}

/* --- What a handler asks of a request --- */

const char *sim_header(const sim_request *request, const char *name) {
  const sim_http *http = (const sim_http *)(const void *)request;
  for (uint32_t i = 0; i < http->header_count; i++)
    if (strcasecmp(http->headers[i].name, name) == 0) return http->headers[i].value;
  return NULL;
}

static const char *find_param(const sim_request *request, const char *name, int32_t of_body) {
  const sim_http *http = (const sim_http *)(const void *)request;
  for (uint32_t i = 0; i < http->param_count; i++)
    if (http->params[i].of_body == of_body && strcmp(http->params[i].name, name) == 0) return http->params[i].value;
  return NULL;
}

const char *sim_query(const sim_request *request, const char *name) { return find_param(request, name, 0); }
const char *sim_form(const sim_request *request, const char *name) { return find_param(request, name, 1); }

const char *sim_param(const sim_request *request, const char *name) {
  const char *value = sim_query(request, name);
  return value != NULL ? value : sim_form(request, name);
}

uint32_t sim_param_count(const sim_request *request) { return ((const sim_http *)(const void *)request)->param_count; }

const char *sim_param_name(const sim_request *request, uint32_t index) {
  const sim_http *http = (const sim_http *)(const void *)request;
  return index < http->param_count ? http->params[index].name : NULL;
}

const char *sim_param_value(const sim_request *request, uint32_t index) {
  const sim_http *http = (const sim_http *)(const void *)request;
  return index < http->param_count ? http->params[index].value : NULL;
}

static int32_t hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes up to '&' or the end; returns what follows. Malformed escapes stay as they are. */
static const char *decode_part(char **out, const char *text, const char *stops) {
  char *to = *out;
  for (; *text != '\0' && strchr(stops, *text) == NULL; text++) {
    if (*text == '+')
      *to++ = ' ';
    else if (*text == '%' && hex_digit(text[1]) >= 0 && hex_digit(text[2]) >= 0) {
      *to++ = (char)(hex_digit(text[1]) * 16 + hex_digit(text[2]));
      text += 2;
    } else
      *to++ = *text;
  }
  *to++ = '\0';
  *out = to;
  return text;
}

static void read_params(sim_http *http, char **room, const char *text, int32_t of_body) {
  while (*text != '\0' && http->param_count < SIM_PARAMS_MAX) {
    sim_pair *pair = &http->params[http->param_count];
    pair->of_body = of_body;
    pair->name = *room;
    text = decode_part(room, text, "=&");
    pair->value = *room;
    if (*text == '=')
      text = decode_part(room, text + 1, "&");
    else
      *(*room)++ = '\0';
    if (*text == '&') text++;
    if (pair->name[0] != '\0') http->param_count++;
  }
}

void sim_http_params(sim_http *http) {
  sim_request *request = &http->request;
  const char *type = sim_header(request, "content-type");
  int32_t is_form = request->body_length > 0 && request->body[0] != '{' && request->body[0] != '[' &&
                    (type == NULL || strncasecmp(type, "application/x-www-form-urlencoded", 33) == 0);
  /* Each pair takes its own length and two NULs, and has at least one byte. */
  http->decoded = sim_alloc(3 * (strlen(request->query) + request->body_length) + 4);
  char *room = http->decoded;
  read_params(http, &room, request->query, 0);
  if (is_form) read_params(http, &room, request->body, 1);
}

/* A request that did not come by HTTP, for handlers that serve both. */
sim_request *sim_request_new(sim_connection *connection, const char *method, const char *path) {
  sim_http *http = sim_alloc(sizeof *http);
  http->request = (sim_request){connection, method, path, "", "", 0, connection->address, sim_clock_ns(connection->s)};
  return &http->request;
}

void sim_request_add(sim_request *request, const char *name, const char *value) {
  sim_http *http = (sim_http *)(void *)request;
  if (http->param_count == SIM_PARAMS_MAX) return;
  sim_pair *pair = &http->params[http->param_count++];
  pair->name = sim_copy(name, strlen(name));
  pair->value = sim_copy(value, strlen(value));
  pair->of_body = 0;
}

void sim_request_free(sim_request *request) {
  sim_http *http = (sim_http *)(void *)request;
  for (uint32_t i = 0; i < http->param_count; i++) {
    free((void *)(uintptr_t)http->params[i].name);
    free((void *)(uintptr_t)http->params[i].value);
  }
  free(http);
}

/* --- Reading --- */

enum { READ_BAD = -1, READ_MORE = 0, READ_DONE = 1 };

typedef struct body_part {
  size_t used; /* bytes of the input */
  char *bytes; /* NULL: none */
  size_t length;
} body_part;

static int32_t read_chunked(body_part *out, const char *bytes, size_t length, int32_t *status) {
  sim_buffer body = {0};
  size_t at = 0;
  for (;;) {
    const char *end = at < length ? memchr(bytes + at, '\n', length - at) : NULL;
    uint64_t size = 0;
    size_t digits = 0;
    if (end == NULL) break;
    for (; at < (size_t)(end - bytes) && hex_digit(bytes[at]) >= 0 && digits < 8; at++, digits++)
      size = size * 16 + (uint64_t)hex_digit(bytes[at]);
    if (digits == 0 || (bytes[at] != '\r' && bytes[at] != ';' && bytes[at] != '\n')) goto bad;
    at = (size_t)(end - bytes) + 1;
    if (body.length + size > BODY_MAX) {
      *status = 413;
      goto bad;
    }
    if (size == 0) { /* trailers, up to an empty line */
      for (;;) {
        end = at < length ? memchr(bytes + at, '\n', length - at) : NULL;
        if (end == NULL) goto more;
        size_t line = (size_t)(end - bytes) - at;
        int32_t empty = line == 0 || (line == 1 && bytes[at] == '\r');
        at = (size_t)(end - bytes) + 1;
        if (!empty) continue;
        out->bytes = body.bytes != NULL ? body.bytes : sim_copy("", 0);
        out->length = body.length;
        out->used = at;
        return READ_DONE;
      }
    }
    if (length - at < size + 2) break;
    sim_buffer_add(&body, bytes + at, (size_t)size);
    at += (size_t)size;
    if (bytes[at] == '\r') at++;
    if (bytes[at] != '\n') goto bad;
    at++;
  }
more:
  sim_buffer_free(&body);
  return READ_MORE;
bad:
  sim_buffer_free(&body);
  return READ_BAD;
}

/* Decimal digits and nothing else; -1: not so, or too many. */
static int64_t whole(const char *text) {
  int64_t value = 0;
  if (*text == '\0') return -1;
  for (; *text != '\0'; text++) {
    if (*text < '0' || *text > '9' || value > 1000000000000) return -1;
    value = value * 10 + (*text - '0');
  }
  return value;
}

static int32_t read_body(body_part *out, const sim_http *http, const char *bytes, size_t length, int32_t *status) {
  const char *encoding = sim_header(&http->request, "transfer-encoding");
  int64_t size = 0;
  int32_t found = 0;
  for (uint32_t i = 0; i < http->header_count; i++) {
    if (strcasecmp(http->headers[i].name, "content-length") != 0) continue;
    int64_t given = whole(http->headers[i].value);
    if (given < 0 || (found && given != size)) return READ_BAD;
    size = given;
    found = 1;
  }
  memset(out, 0, sizeof *out);
  if (encoding != NULL) {
    if (found) return READ_BAD; /* two lengths are how requests are smuggled */
    if (strcasecmp(encoding, "chunked") != 0) {
      *status = 501;
      return READ_BAD;
    }
    return read_chunked(out, bytes, length, status);
  }
  if (size > BODY_MAX) {
    *status = 413;
    return READ_BAD;
  }
  if (length < (size_t)size) return READ_MORE;
  out->bytes = sim_copy(bytes, (size_t)size);
  out->length = out->used = (size_t)size;
  return READ_DONE;
}

/* The request line and the headers, in `http->memory`. 0, or the status that refuses them. */
static int32_t read_head(sim_http *http, size_t length) {
  char *line = http->memory, *rest = line + length, *end;
  for (int32_t first = 1; line < rest; first = 0, line = end + 1) {
    end = memchr(line, '\n', (size_t)(rest - line));
    if (end == NULL) return 400;
    char *stop = end > line && end[-1] == '\r' ? end - 1 : end;
    *stop = '\0';
    if (strlen(line) != (size_t)(stop - line)) return 400; /* a NUL within */
    if (stop == line) break;
    if (first) {
      char *target = strchr(line, ' '), *version = target == NULL ? NULL : strchr(target + 1, ' ');
      if (version == NULL || target == line || strchr(version + 1, ' ') != NULL) return 400;
      for (const char *c = line; c < stop; c++)
        if ((*c < '!' || *c > '~') && *c != ' ') return 400; /* RFC 9112: the rest is percent-encoded */
      *target++ = '\0';
      *version++ = '\0';
      if (strncmp(version, "HTTP/1.", 7) != 0) return strncmp(version, "HTTP/", 5) == 0 ? 505 : 400;
      http->closes = version[7] == '0';
      if (strncasecmp(target, "http://", 7) == 0 || strncasecmp(target, "https://", 8) == 0) {
        target = strchr(strchr(target, ':') + 3, '/');
        if (target == NULL) return 400;
      }
      if (*target != '/') return 400;
      http->request.method = line;
      http->request.path = target;
      char *mark = strchr(target, '?');
      http->request.query = mark == NULL ? stop : mark + 1;
      if (mark != NULL) *mark = '\0';
      char *fragment = strchr(mark == NULL ? target : mark + 1, '#');
      if (fragment != NULL) *fragment = '\0';
      continue;
    }
    char *colon = strchr(line, ':');
    if (colon == NULL || colon == line || colon[-1] == ' ' || colon[-1] == '\t') return 400;
    if (http->header_count == SIM_HEADERS_MAX) return 431;
    *colon = '\0';
    char *value = colon + 1 + strspn(colon + 1, " \t"), *tail = value + strlen(value);
    while (tail > value && (tail[-1] == ' ' || tail[-1] == '\t')) *--tail = '\0';
    http->headers[http->header_count++] = (sim_pair){line, value, 0};
  }
  return http->request.method == NULL ? 400 : 0;
}

static int32_t has_word(const char *list, const char *word) {
  size_t length = strlen(word);
  for (; list != NULL && *list != '\0'; list += strcspn(list, ","), list += *list == ',') {
    list += strspn(list, " \t");
    if (strncasecmp(list, word, length) == 0 && strchr(", \t", list[length]) != NULL) return 1;
  }
  return 0;
}

/* --- Serving --- */

static sim_fault_row *fault(sim_connection *c, const char *name) {
  for (uint32_t i = 0; i < c->struck_count; i++)
    if (strcmp(c->struck[i]->name, name) == 0) return c->struck[i];
  return NULL;
}

static void answer_planned(sim_reply *reply, const sim_fault_row *row) {
  sim_reply_clear(reply);
  sim_reply_status(reply, row->status == 0 ? 503 : row->status);
  if (row->retry_after > 0) sim_reply_header(reply, "Retry-After", "%d", (int)row->retry_after);
  sim_reply_text(reply, row->type != NULL ? row->type : "text/html",
                 row->body != NULL ? row->body : "<html><body><h1>Service Unavailable</h1></body></html>");
}

/* The reply goes out, or as much of it as the plan lets through. */
static void send_reply(sim_connection *c, sim_http *http, sim_reply *reply) {
  sim_buffer out = {0};
  sim_fault_row *row = fault(c, "drop_reply");
  if (row != NULL) {
    c->ending = SIM_BREAKS;
    return;
  }
  if ((row = fault(c, "delay")) != NULL) sim_hold(c, c->s->now_ns + row->delay_ns);
  write_reply(&out, c->s, reply, http->closes, http->is_head);
  if ((row = fault(c, "corrupt")) != NULL && out.length > 0) {
    size_t at = (size_t)row->at % out.length;
    out.bytes[at] = (char)(out.bytes[at] ^ 0x15);
  }
  if ((row = fault(c, "truncate")) != NULL) {
    if ((size_t)row->at < out.length) out.length = (size_t)row->at;
    http->closes = 1;
  }
  sim_emit(c, out.bytes, out.length);
  sim_buffer_free(&out);
  if (http->closes) c->ending = SIM_ENDS;
}

/* 1: the connection is a WebSocket now. */
static int32_t upgrade(sim_connection *c, sim_http *http, sim_reply *reply) {
  sim *s = c->s;
  const char *key = sim_header(&http->request, "sec-websocket-key"),
             *version = sim_header(&http->request, "sec-websocket-version");
  if (key == NULL || version == NULL || strcmp(version, "13") != 0 || s->dialect->upgrade == NULL) {
    sim_reply_status(reply, 426);
    sim_reply_header(reply, "Sec-WebSocket-Version", "13");
    return 0;
  }
  c->state = sim_alloc(s->dialect->connection_size);
  c->path = sim_copy(http->request.path, strlen(http->request.path));
  c->query = sim_copy(http->request.query, strlen(http->request.query));
  c->opened_ns = s->now_ns;
  if (s->dialect->upgrade(s, &http->request, reply)) {
    sim_socket_open(c, key);
    return 1;
  }
  free(c->state);
  free(c->path);
  free(c->query);
  c->state = NULL;
  c->path = c->query = NULL;
  return 0;
}

static void serve(sim_connection *c, sim_http *http) {
  sim *s = c->s;
  sim_reply reply = {.status = 200};
  sim_fault_row *row = fault(c, "status");
  int32_t upgrades = has_word(sim_header(&http->request, "connection"), "upgrade") &&
                     has_word(sim_header(&http->request, "upgrade"), "websocket");
  http->closes |= has_word(sim_header(&http->request, "connection"), "close");
  http->is_head = strcmp(http->request.method, "HEAD") == 0;
  if (http->is_head) http->request.method = "GET";
  if (row != NULL) {
    answer_planned(&reply, row);
  } else if (upgrades) {
    if (upgrade(c, http, &reply)) {
      sim_reply_clear(&reply);
      return;
    }
  } else {
    s->dialect->request(s, &http->request, &reply);
    if (fault(c, "duplicate") != NULL) { /* it arrived twice; the first answer got lost */
      sim_reply_clear(&reply);
      s->dialect->request(s, &http->request, &reply);
    }
    if ((row = fault(c, "status_after")) != NULL) answer_planned(&reply, row);
  }
  send_reply(c, http, &reply);
  sim_reply_clear(&reply);
}

/* How many bytes the head takes with its empty line; 0: not all of it is there. */
static size_t head_length(sim_connection *c) {
  const char *bytes = c->in.bytes;
  for (size_t i = c->scanned; i < c->in.length; i++) {
    if (bytes[i] != '\n') continue;
    if (i + 1 < c->in.length && bytes[i + 1] == '\n') return i + 2;
    if (i + 2 < c->in.length && bytes[i + 1] == '\r' && bytes[i + 2] == '\n') return i + 3;
  }
  c->scanned = c->in.length > 3 ? c->in.length - 3 : 0;
  return 0;
}

/* One request. 0: there is none yet, or there will be none. */
static int32_t take_request(sim_connection *c) {
  size_t empty = 0;
  while (empty < c->in.length && (c->in.bytes[empty] == '\r' || c->in.bytes[empty] == '\n')) empty++;
  sim_buffer_take(&c->in, empty);
  if (empty > 0) c->scanned = 0;
  size_t head = head_length(c);
  if ((head == 0 ? c->in.length : head) > HEAD_MAX) {
    refuse(c, 431, "the headers are too large");
    return 0;
  }
  if (head == 0) return 0;
  sim_http *http = sim_alloc(sizeof *http);
  http->memory = sim_copy(c->in.bytes, head);
  http->request.connection = c;
  int32_t status = read_head(http, head), done = READ_BAD;
  body_part body = {0, NULL, 0};
  if (status == 0) {
    status = 400;
    done = read_body(&body, http, c->in.bytes + head, c->in.length - head, &status);
  }
  if (done == READ_MORE) {
    if (!c->continued && has_word(sim_header(&http->request, "expect"), "100-continue")) {
      static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
      sim_emit(c, text, sizeof text - 1);
      c->continued = 1;
    }
  } else if (done == READ_BAD) {
    refuse(c, status, "the request cannot be read");
  } else {
    http->request.body = body.bytes;
    http->request.body_length = body.length;
    http->request.address = c->address;
    http->request.received_ns = sim_clock_ns(c->s);
    sim_http_params(http);
    if (!c->decided)
      c->struck_count = sim_faults_decide(c->s, http->request.method, http->request.path, c->struck,
                                          sizeof c->struck / sizeof c->struck[0]);
    c->decided = 1;
    sim_fault_row *row = c->excused ? NULL : fault(c, "delay_request");
    if (row != NULL && row->delay_ns > 0) {
      c->excused = 1;
      sim_hold(c, c->s->now_ns + row->delay_ns);
      done = READ_MORE;
    } else {
      c->excused = c->continued = c->decided = 0;
      c->scanned = 0;
      sim_buffer_take(&c->in, head + body.used);
      if (fault(c, "drop_request") != NULL)
        c->ending = SIM_BREAKS;
      else
        serve(c, http);
    }
  }
  free(http->memory);
  free(http->decoded);
  free(body.bytes);
  free(http);
  return done == READ_DONE;
}

void sim_http_run(sim_connection *connection) {
  connection->busy++;
  while (connection->ending == SIM_STAYS && connection->mode == SIM_HTTP && connection->release_ns == 0 &&
         take_request(connection))
    sim_settle(connection->s);
  connection->busy--;
  if (connection->mode == SIM_SOCKET && connection->in.length > 0) sim_socket_run(connection);
}
