/* net/http.c - requests on their way through libcurl's multi interface. */
#include "net/http.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bourse/error.h>

#include "core/arena.h"
#include "net/http_internal.h"

#define NS_PER_MS                  1000000LL
#define CONNECTIONS_DEFAULT        8u
#define CONNECT_TIMEOUT_DEFAULT_MS 10000
#define TIMEOUT_MAX_MS             (86400LL * 1000 * 366)
#define IDLE_MAX                   64u            /* transfers kept for reuse */
#define IDLE_BODY_MAX              (256u * 1024u) /* and the largest buffer kept with one */
#define CONNECTION_IDLE_MAX_S      50L            /* many servers and load balancers close theirs after 60 s */

/* Called by libcurl when a connection stands and the request is about to be written to it; called again before every
 * repetition libcurl decides on: a kept-alive connection that broke without an answer, a refused HTTP/2 stream. This
 * is the place where a second sending is prevented, and where we learn that bytes may leave. */
static int on_request(void *user_data, char *remote, char *local, int remote_port, int local_port) {
  bourse__http_transfer *transfer = user_data;
  (void)remote, (void)local, (void)remote_port, (void)local_port;
  if (transfer->sent_ns != 0 && !transfer->repeatable) return CURL_PREREQFUNC_ABORT;
  int64_t now = bourse__loop_monotonic_ns(transfer->http->loop);
  transfer->sent_ns = now != 0 ? now : 1;
  return CURL_PREREQFUNC_OK;
}

CURLcode bourse__http_set_common(bourse__http *http, bourse__http_job *job) {
  CURL *easy = job->easy;
  CURLcode code = CURLE_OK;
#define SET(option_, value_) \
  if (code == CURLE_OK) code = curl_easy_setopt(easy, option_, value_)
  SET(CURLOPT_PRIVATE, (void *)job);
  SET(CURLOPT_ERRORBUFFER, job->curl_error);
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_QUICK_EXIT, 1L); /* else giving up during a name look-up waits for its end */
  SET(CURLOPT_PROTOCOLS_STR, "http,https");
  SET(CURLOPT_TCP_NODELAY, 1L);
  SET(CURLOPT_CONNECTTIMEOUT_MS, (long)http->connect_timeout_ms);
  SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  SET(CURLOPT_SSL_VERIFYPEER, 1L);
  SET(CURLOPT_SSL_VERIFYHOST, 2L);
  SET(CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
  SET(CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
  SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  SET(CURLOPT_USERAGENT, http->user_agent);
  if (http->ca_file != NULL) {
    SET(CURLOPT_CAINFO, http->ca_file);
    SET(CURLOPT_CAPATH, NULL);
    SET(CURLOPT_PROXY_CAINFO, http->ca_file);
    SET(CURLOPT_PROXY_CAPATH, NULL);
  }
  if (http->proxy != NULL) SET(CURLOPT_PROXY, http->proxy);
  return code == CURLE_OK ? bourse__http_sockets_options(job) : code;
}

/* The options that never change. */
static CURLcode set_fixed(bourse__http_transfer *transfer) {
  CURL *easy = transfer->job.easy;
  CURLcode code = bourse__http_set_common(transfer->http, &transfer->job);
  SET(CURLOPT_FOLLOWLOCATION, 0L);
  SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
  SET(CURLOPT_ACCEPT_ENCODING, "");
  SET(CURLOPT_MAXAGE_CONN, CONNECTION_IDLE_MAX_S);
  SET(CURLOPT_PREREQFUNCTION, on_request);
  SET(CURLOPT_PREREQDATA, (void *)transfer);
  SET(CURLOPT_HEADERFUNCTION, bourse__http_on_header);
  SET(CURLOPT_HEADERDATA, (void *)transfer);
  SET(CURLOPT_WRITEFUNCTION, bourse__http_on_body);
  SET(CURLOPT_WRITEDATA, (void *)transfer);
#undef SET
  return code;
}

static void on_deadline(bourse__timer *timer);

static void transfer_free(bourse__http_transfer *transfer) {
  const bourse_allocator *allocator = &transfer->http->allocator;
  if (transfer->job.easy != NULL) curl_easy_cleanup(transfer->job.easy);
  bourse__release(allocator, transfer->request.data);
  bourse__release(allocator, transfer->header_lines);
  bourse__release(allocator, transfer->header_text.data);
  bourse__release(allocator, transfer->body.data);
  bourse__release(allocator, transfer);
}

static int32_t transfer_new(bourse__http_transfer **out, bourse__http *http) {
  bourse__http_transfer *transfer = bourse__alloc(&http->allocator, sizeof *transfer);
  if (transfer == NULL) return BOURSE_ERROR_MEMORY;
  transfer->http = http;
  transfer->deadline.callback = on_deadline;
  transfer->deadline.user_data = transfer;
  transfer->job.multi = &http->multi;
  transfer->job.easy = curl_easy_init();
  CURLcode code = transfer->job.easy == NULL ? CURLE_OUT_OF_MEMORY : set_fixed(transfer);
  if (code != CURLE_OK) {
    transfer_free(transfer);
    return code == CURLE_OUT_OF_MEMORY ? BOURSE_ERROR_MEMORY : BOURSE_ERROR_INTERNAL;
  }
  *out = transfer;
  return BOURSE_OK;
}

static int32_t transfer_take(bourse__http_transfer **out, bourse__http *http) {
  *out = http->idle;
  if (http->idle == NULL) return transfer_new(out, http);
  http->idle = (*out)->next;
  http->idle_count--;
  (*out)->next = NULL;
  return BOURSE_OK;
}

static void transfer_recycle(bourse__http_transfer *transfer) {
  bourse__http *http = transfer->http;
  if (http->idle_count >= IDLE_MAX) {
    transfer_free(transfer);
    return;
  }
  if (transfer->body.capacity > IDLE_BODY_MAX) {
    bourse__release(&http->allocator, transfer->body.data);
    memset(&transfer->body, 0, sizeof transfer->body);
  }
  transfer->token = NULL;
  transfer->next = http->idle;
  http->idle = transfer;
  http->idle_count++;
}

static void activate(bourse__http_transfer *transfer) {
  bourse__http *http = transfer->http;
  transfer->previous = NULL;
  transfer->next = http->active;
  if (http->active != NULL) http->active->previous = transfer;
  http->active = transfer;
  http->active_count++;
}

/* Takes it from libcurl and from the list. What libcurl knows of it can still be asked. */
static void deactivate(bourse__http_transfer *transfer) {
  bourse__http *http = transfer->http;
  curl_multi_remove_handle(http->multi.handle, transfer->job.easy);
  bourse__http_apply_timeout(&http->multi);
  bourse__timer_clear(http->loop, &transfer->deadline);
  *(transfer->previous != NULL ? &transfer->previous->next : &http->active) = transfer->next;
  if (transfer->next != NULL) transfer->next->previous = transfer->previous;
  transfer->next = transfer->previous = NULL;
  http->active_count--;
}

/* Completing. */

/* Method, URL without its query (which may hold a signature), and how it went. */
static void log_reply(const bourse__http_transfer *transfer, const bourse_http_reply *reply) {
  if (transfer->http->log == NULL || transfer->http->log->level < 4) return;
  char *url = NULL, *method = NULL;
  curl_easy_getinfo(transfer->job.easy, CURLINFO_EFFECTIVE_URL, &url);
  curl_easy_getinfo(transfer->job.easy, CURLINFO_EFFECTIVE_METHOD, &method);
  if (url == NULL) url = (char[]){""};
  bourse__log_write(transfer->http->log, 4, "%s %.*s: %s%s%d, %zu bytes, %lld ms", method != NULL ? method : "",
                    (int)strcspn(url, "?"), url, reply->error != 0 ? reply->error_text : "",
                    reply->error != 0 ? ", status " : "status ", (int)reply->http_status, reply->body_length,
                    (long long)((reply->received_monotonic_ns - transfer->accepted_ns) / NS_PER_MS));
}

static void finish(bourse__http_transfer *transfer, int32_t error, const char *text) {
  bourse__http *http = transfer->http;
  long status = 0;
  curl_easy_getinfo(transfer->job.easy, CURLINFO_RESPONSE_CODE, &status);
  deactivate(transfer);
  for (uint32_t i = 0; i < transfer->header_count; i++) {
    transfer->headers[i].name = transfer->header_text.data + transfer->places[i].name;
    transfer->headers[i].value = transfer->header_text.data + transfer->places[i].value;
  }
  bourse_http_reply reply = {
      .struct_size = sizeof reply,
      .error = error,
      .http_status = status >= 200 ? (int32_t)status : 0, /* an interim reply is no answer */
      .sent = transfer->sent_ns != 0 ? BOURSE_YES : BOURSE_NO,
      .headers = transfer->headers,
      .header_count = status >= 200 ? transfer->header_count : 0,
      .error_text = error != BOURSE_OK ? text : NULL,
      .sent_ns = transfer->sent_ns,
      .received_ns = bourse__loop_now_ns(http->loop),
      .received_monotonic_ns = bourse__loop_monotonic_ns(http->loop),
  };
  if (error == BOURSE_OK) {
    reply.body = transfer->body.length > 0 ? transfer->body.data : "";
    reply.body_length = transfer->body.length;
  }
  log_reply(transfer, &reply);
  bourse_transport_complete(transfer->token, &reply);
  transfer_recycle(transfer);
}

static const char *phase(const bourse__http_transfer *transfer) {
  curl_off_t resolved_us = 0;
  if (transfer->header_count > 0 || transfer->body.length > 0) return "while the answer was coming in";
  if (transfer->sent_ns != 0) return "after the request was handed to the wire";
  curl_easy_getinfo(transfer->job.easy, CURLINFO_NAMELOOKUP_TIME_T, &resolved_us);
  return resolved_us != 0 ? "while connecting" : "while waiting for a connection or for the host name";
}

static void on_deadline(bourse__timer *timer) {
  bourse__http_transfer *transfer = timer->user_data;
  snprintf(transfer->job.curl_error, sizeof transfer->job.curl_error, "the time allowed (%lld ms) was over %s",
           (long long)transfer->timeout_ms, phase(transfer));
  finish(transfer, BOURSE_ERROR_TIMEOUT, transfer->job.curl_error);
}

static void finish_done(CURL *easy, CURLcode code) {
  bourse__http_transfer *transfer = NULL;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&transfer);
  const char *text = transfer->job.failure_text;
  int32_t error = transfer->job.failure;
  if (error == BOURSE_OK) error = bourse__http_error(&transfer->job, transfer->sent_ns != 0, code, &text);
  finish(transfer, error, text);
}

static void finish_failed(bourse__http *http) {
  while (http->multi.failures) {
    bourse__http_transfer *transfer = http->active;
    while (transfer != NULL && transfer->job.failure == BOURSE_OK) transfer = transfer->next;
    if (transfer == NULL)
      http->multi.failures = 0;
    else
      finish(transfer, transfer->job.failure, transfer->job.failure_text);
  }
}

static void sweep(bourse__http *http) {
  /* Bounded: requests that are made in completions and fail at once must not keep the loop here. */
  uint32_t limit = http->active_count;
  int left = 0;
  const CURLMsg *message = NULL;
  for (; limit > 0 && (message = curl_multi_info_read(http->multi.handle, &left)) != NULL; limit--)
    if (message->msg == CURLMSG_DONE) finish_done(message->easy_handle, message->data.result);
  finish_failed(http);
  if (message != NULL) bourse__timer_set(http->loop, &http->sweep_timer, bourse__loop_monotonic_ns(http->loop));
}

static void on_sweep(bourse__timer *timer) {
  sweep(timer->user_data);
  bourse__http_sweep_websockets(timer->user_data);
}

/* Sending. */

int32_t bourse__http_is_token(const char *text) {
  if (text == NULL || *text == '\0') return 0;
  for (; *text != '\0'; text++) {
    int32_t letter = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') || (*text >= '0' && *text <= '9');
    if (!letter && strchr("!#$%&'*+-.^_`|~", *text) == NULL) return 0;
  }
  return 1;
}

/* No control characters: a line break in a value would begin another header. */
int32_t bourse__http_is_value(const char *text) {
  if (text == NULL) return 0;
  for (; *text != '\0'; text++)
    if (((unsigned char)*text < ' ' && *text != '\t') || *text == 127) return 0;
  return 1;
}

static int32_t is_url(const char *url) {
  if (url == NULL || (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)) return 0;
  for (const char *c = url; *c != '\0'; c++)
    if ((unsigned char)*c <= ' ' || *c == 127) return 0;
  return url[url[4] == 's' ? 8 : 7] != '\0';
}

static int32_t is_acceptable(const bourse_http_request *request) {
  if (request == NULL || !bourse__http_is_token(request->method) || !is_url(request->url)) return 0;
  if (request->timeout_ms <= 0 || request->reply_size_max == 0) return 0;
  if (request->body == NULL && request->body_length != 0) return 0;
  if (request->headers == NULL && request->header_count != 0) return 0;
  for (uint32_t i = 0; i < request->header_count; i++)
    if (!bourse__http_is_token(request->headers[i].name) || !bourse__http_is_value(request->headers[i].value)) return 0;
  return 1;
}

/* "Name: value", or "Name;" which is libcurl's way to say "with nothing in it". */
static size_t write_line(char *out, const bourse_http_header *header) {
  size_t name = strlen(header->name), value = strlen(header->value);
  memcpy(out, header->name, name);
  if (value == 0) {
    memcpy(out + name, ";", 2);
    return name + 2;
  }
  memcpy(out + name, ": ", 2);
  memcpy(out + name + 2, header->value, value + 1);
  return name + value + 3;
}

static char *put_line(bourse__http_transfer *transfer, const char *line, size_t size) {
  char *out = transfer->request.data + transfer->request.length;
  memcpy(out, line, size);
  transfer->request.length += size;
  return out;
}

/* Header lines as libcurl wants them, in our own memory, which serves again for the next request. With a body, libcurl
 * would add a Content-Type and, for a long one, wait for "100 Continue": both are taken out. */
static int32_t write_lines(struct curl_slist **out, bourse__http_transfer *transfer, const bourse_http_request *request,
                           int32_t with_body) {
  static const char no_type[] = "Content-Type:", no_expect[] = "Expect:";
  bourse__http *http = transfer->http;
  size_t size = sizeof no_type + sizeof no_expect, nodes = request->header_count + (size_t)2, at = 0;
  int32_t has_type = 0;
  for (uint32_t i = 0; i < request->header_count; i++)
    size += strlen(request->headers[i].name) + strlen(request->headers[i].value) + 3;
  transfer->request.length = 0;
  if (!bourse__http_reserve(http, &transfer->request, size, SIZE_MAX)) return 0;
  if (nodes > transfer->header_lines_capacity) {
    struct curl_slist *lines = bourse__realloc(&http->allocator, transfer->header_lines, nodes * sizeof *lines);
    if (lines == NULL) return 0;
    transfer->header_lines = lines;
    transfer->header_lines_capacity = nodes;
  }
  struct curl_slist *lines = transfer->header_lines;
  for (uint32_t i = 0; i < request->header_count; i++) {
    lines[at++].data = transfer->request.data + transfer->request.length;
    transfer->request.length += write_line(transfer->request.data + transfer->request.length, &request->headers[i]);
    if (curl_strequal(request->headers[i].name, "content-type")) has_type = 1;
  }
  if (with_body) lines[at++].data = put_line(transfer, no_expect, sizeof no_expect);
  if (with_body && !has_type) lines[at++].data = put_line(transfer, no_type, sizeof no_type);
  for (size_t i = 0; i < at; i++) lines[i].next = i + 1 < at ? &lines[i + 1] : NULL;
  *out = at > 0 ? lines : NULL;
  return 1;
}

static int32_t is_method(const bourse_http_request *request, const char *method) {
  return strcmp(request->method, method) == 0;
}

static CURLcode set_method(CURL *easy, const bourse_http_request *request, int32_t with_body, int32_t is_head) {
  const char *method = request->method;
  CURLcode code;
  if (with_body) {
    const char *body = request->body_length > 0 ? request->body : "";
    code = curl_easy_setopt(easy, CURLOPT_POST, 1L);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    if (code == CURLE_OK) code = curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    if (is_method(request, "POST")) method = NULL;
  } else if (is_head) {
    code = curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    method = NULL;
  } else {
    code = curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    if (is_method(request, "GET")) method = NULL;
  }
  return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method) : code;
}

/* What is as in the request before is not set again: that is most of it when one GET follows another. */
static CURLcode set_request(bourse__http_transfer *transfer, const bourse_http_request *request) {
  CURL *easy = transfer->job.easy;
  /* These say how long their body is even when there is none. */
  int32_t with_body = request->body_length > 0 || is_method(request, "POST") || is_method(request, "PUT") ||
                      is_method(request, "PATCH");
  int32_t plain_get = transfer->repeatable && !transfer->is_head;
  struct curl_slist *lines;
  if (!write_lines(&lines, transfer, request, with_body)) return CURLE_OUT_OF_MEMORY;
  CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, request->url);
  if (code == CURLE_OK && lines != transfer->lines_set) {
    code = curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lines);
    if (code == CURLE_OK) transfer->lines_set = lines;
  }
  /* Rather share one HTTP/2 connection than open many at once. Over TLS libcurl waits for the handshake only;
   * without, it would wait for the other request's whole answer. */
  int32_t shares = request->url[4] == 's';
  if (code == CURLE_OK && shares != transfer->shares_set) {
    code = curl_easy_setopt(easy, CURLOPT_PIPEWAIT, (long)shares);
    if (code == CURLE_OK) transfer->shares_set = shares;
  }
  if (code != CURLE_OK || (plain_get && transfer->plain_get_set)) return code;
  transfer->plain_get_set = 0;
  code = set_method(easy, request, with_body, transfer->is_head);
  if (code == CURLE_OK) transfer->plain_get_set = plain_get;
  return code;
}

static void transfer_begin(bourse__http_transfer *transfer, const bourse_http_request *request,
                           bourse_exchange_token *token) {
  transfer->token = token;
  transfer->timeout_ms = request->timeout_ms < TIMEOUT_MAX_MS ? request->timeout_ms : TIMEOUT_MAX_MS;
  transfer->accepted_ns = bourse__loop_monotonic_ns(transfer->http->loop);
  transfer->sent_ns = 0;
  transfer->reply_size_max = request->reply_size_max;
  transfer->is_head = is_method(request, "HEAD") && request->body_length == 0;
  transfer->repeatable = transfer->is_head || (is_method(request, "GET") && request->body_length == 0);
  transfer->job.failure = BOURSE_OK;
  transfer->job.failure_text = "";
  transfer->header_count = 0;
  transfer->header_text.length = 0;
  transfer->body.length = 0;
  transfer->job.curl_error[0] = '\0';
}

static int32_t on_send(void *user_data, const bourse_http_request *request, bourse_exchange_token *token) {
  bourse__http *http = user_data;
  bourse__http_transfer *transfer;
  if (!is_acceptable(request)) return BOURSE_ERROR_ARGUMENT;
  int32_t error = transfer_take(&transfer, http);
  if (error != BOURSE_OK) return error;
  transfer_begin(transfer, request, token);
  if (set_request(transfer, request) != CURLE_OK ||
      curl_multi_add_handle(http->multi.handle, transfer->job.easy) != CURLM_OK) {
    transfer_recycle(transfer);
    return BOURSE_ERROR_MEMORY;
  }
  activate(transfer);
  bourse__timer_set(http->loop, &transfer->deadline, transfer->accepted_ns + transfer->timeout_ms * NS_PER_MS);
  /* At once, not in the next run: on a kept-alive connection the request leaves here. */
  int running = bourse__http_kick(&http->multi);
  if ((uint32_t)running < http->active_count || http->multi.failures)
    bourse__timer_set(http->loop, &http->sweep_timer, transfer->accepted_ns);
  return BOURSE_OK;
}

static void on_cancel(void *user_data, bourse_exchange_token *token) {
  bourse__http *http = user_data;
  bourse__http_transfer *transfer = http->active;
  while (transfer != NULL && transfer->token != token) transfer = transfer->next;
  if (transfer == NULL) return;
  deactivate(transfer);
  transfer_recycle(transfer);
}

void bourse__http_transport(bourse__http *http, bourse_transport *out) {
  memset(out, 0, sizeof *out);
  out->struct_size = sizeof *out;
  out->api_version = BOURSE_API_VERSION;
  out->user_data = http;
  out->send = on_send;
  out->cancel = on_cancel;
  out->connect = bourse__http_connect;
  out->send_message = bourse__http_send_message;
  out->pause = bourse__http_pause;
  out->disconnect = bourse__http_disconnect;
}

uint32_t bourse__http_pending(const bourse__http *http) { return http->active_count; }

/* Making and ending. */

static int32_t copy_string(bourse__http *http, char **out, const char *text) {
  if (text == NULL) return BOURSE_OK;
  *out = bourse__duplicate(&http->allocator, text);
  return *out != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

static void system_random(void *user_data, void *out, size_t size) {
  (void)user_data;
  randombytes_buf(out, size);
}

static int32_t take_options(bourse__http *http, const bourse__http_options *options) {
  char agent[64];
  snprintf(agent, sizeof agent, "libbourse/%s", bourse_version());
  if (options->connect_timeout_ms < 0 || options->connect_timeout_ms > INT32_MAX) return BOURSE_ERROR_ARGUMENT;
  if (options->ca_file != NULL && access(options->ca_file, R_OK) != 0) return BOURSE_ERROR_ARGUMENT;
  if (options->user_agent != NULL && !bourse__http_is_value(options->user_agent)) return BOURSE_ERROR_ARGUMENT;
  http->log = options->log;
  http->random = options->random;
  if (http->random.fill == NULL) http->random = (bourse_random){NULL, system_random};
  http->connect_timeout_ms =
      options->connect_timeout_ms != 0 ? options->connect_timeout_ms : CONNECT_TIMEOUT_DEFAULT_MS;
  int32_t error = copy_string(http, &http->proxy, options->proxy);
  if (error == BOURSE_OK) error = copy_string(http, &http->ca_file, options->ca_file);
  if (error == BOURSE_OK)
    error = copy_string(http, &http->user_agent, options->user_agent != NULL ? options->user_agent : agent);
  return error;
}

static int32_t make_multi(bourse__http *http, const bourse__http_options *options) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return BOURSE_ERROR_INTERNAL;
  http->curl_started = 1;
  if (bourse__http_multi_open(&http->multi, http, sweep) != BOURSE_OK) return BOURSE_ERROR_MEMORY;
  uint32_t most = options->max_connections_per_host != 0 ? options->max_connections_per_host : CONNECTIONS_DEFAULT;
  curl_multi_setopt(http->multi.handle, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
  curl_multi_setopt(http->multi.handle, CURLMOPT_MAX_HOST_CONNECTIONS, (long)most);
  return BOURSE_OK;
}

int32_t bourse__http_new(bourse__http **out, bourse__loop *loop, const bourse_allocator *allocator,
                         const bourse__http_options *options) {
  static const bourse__http_options defaults;
  *out = NULL;
  if (options == NULL) options = &defaults;
  bourse__http *http = bourse__alloc(allocator, sizeof *http);
  if (http == NULL) return BOURSE_ERROR_MEMORY;
  http->allocator = *allocator;
  http->loop = loop;
  http->sweep_timer.callback = on_sweep;
  http->sweep_timer.user_data = http;
  int32_t error = take_options(http, options);
  if (error == BOURSE_OK) error = make_multi(http, options);
  if (error != BOURSE_OK) {
    bourse__http_free(http);
    return error;
  }
  *out = http;
  return BOURSE_OK;
}

void bourse__http_free(bourse__http *http) {
  if (http == NULL) return;
  bourse_allocator allocator = http->allocator;
  bourse__http_websockets_free(http);
  while (http->active != NULL) {
    bourse__http_transfer *transfer = http->active;
    deactivate(transfer);
    transfer_free(transfer);
  }
  while (http->idle != NULL) {
    bourse__http_transfer *transfer = http->idle;
    http->idle = transfer->next;
    transfer_free(transfer);
  }
  bourse__http_multi_close(&http->multi);
  bourse__http_multi_close(&http->upgrades);
  if (http->curl_started) curl_global_cleanup();
  bourse__timer_clear(http->loop, &http->sweep_timer);
  bourse__release(&allocator, http->proxy);
  bourse__release(&allocator, http->ca_file);
  bourse__release(&allocator, http->user_agent);
  bourse__release(&allocator, http);
}
