/* net/http_reply.c - collecting replies within their bounds, and what libcurl's errors mean. */
#include <string.h>

#include <bourse/error.h>

#include "core/arena.h"
#include "net/http_internal.h"

#define BUFFER_MIN 1024u

const char *bourse_http_reply_header(const bourse_http_reply *reply, const char *name) {
  for (uint32_t i = 0; i < reply->header_count; i++)
    if (strcmp(reply->headers[i].name, name) == 0) return reply->headers[i].value;
  return NULL;
}

int32_t bourse__http_reserve(bourse__http *http, bourse__http_buffer *buffer, size_t more, size_t max) {
  if (more > max || buffer->length > max - more) return 0;
  size_t needed = buffer->length + more;
  if (needed <= buffer->capacity) return 1;
  size_t capacity = buffer->capacity < BUFFER_MIN ? BUFFER_MIN : buffer->capacity;
  while (capacity < needed) capacity = capacity > max / 2 ? max : capacity * 2;
  char *data = bourse__realloc(&http->allocator, buffer->data, capacity);
  if (data == NULL) return 0;
  buffer->data = data;
  buffer->capacity = capacity;
  return 1;
}

/* Makes libcurl end the transfer: a callback that takes fewer bytes than it was given is an error to it. */
static size_t refuse(bourse__http_transfer *transfer, int32_t error, const char *text) {
  transfer->job.failure = error;
  transfer->job.failure_text = text;
  return 0;
}

static int32_t is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

static void put(bourse__http_buffer *buffer, const char *text, size_t length) {
  if (length != 0) memcpy(buffer->data + buffer->length, text, length);
  buffer->length += length;
}

/* A folded line goes on with the value of the line before. */
static int32_t append_folded(bourse__http_transfer *transfer, const char *text, size_t length) {
  bourse__http_buffer *out = &transfer->header_text;
  if (!bourse__http_reserve(transfer->http, out, length + 1, BOURSE__HTTP_HEADER_BYTES_MAX)) return 0;
  out->data[out->length - 1] = ' '; /* was the end of the value */
  put(out, text, length);
  put(out, "", 1);
  return 1;
}

/* Eight letters at a time. */
static void lower_case(char *out, const char *name, size_t length) {
  const uint64_t ones = UINT64_C(0x0101010101010101);
  size_t i = 0;
  for (; i + 8 <= length; i += 8) {
    uint64_t x;
    memcpy(&x, name + i, sizeof x);
    uint64_t low = x & ones * 0x7F, from_a = low + ones * (0x80 - 'A'), above_z = low + ones * (0x7F - 'Z');
    x |= ((from_a ^ above_z) & ~x & ones * 0x80) >> 2;
    memcpy(out + i, &x, sizeof x);
  }
  for (; i < length; i++) out[i] = (char)((uint32_t)name[i] | (uint32_t)((uint32_t)(name[i] - 'A') < 26) << 5);
}

static int32_t append_header(bourse__http_transfer *transfer, const char *line, size_t name_length, const char *value,
                             size_t value_length) {
  bourse__http_buffer *out = &transfer->header_text;
  size_t size = name_length + value_length + 2;
  if (!bourse__http_reserve(transfer->http, out, size, BOURSE__HTTP_HEADER_BYTES_MAX)) return 0;
  bourse__http_header_place *place = &transfer->places[transfer->header_count++];
  char *at = out->data + out->length;
  place->name = (uint32_t)out->length;
  place->value = (uint32_t)(out->length + name_length + 1);
  lower_case(at, line, name_length);
  at[name_length] = '\0';
  memcpy(at + name_length + 1, value, value_length);
  at[size - 1] = '\0';
  out->length += size;
  return 1;
}

/* 1 when a Content-Length promises more than `max`. One that is no number is left to libcurl. */
static int32_t is_above(const char *value, size_t length, size_t max) {
  size_t sum = 0;
  for (size_t i = 0; i < length; i++) {
    if (value[i] < '0' || value[i] > '9') return 0;
    size_t digit = (size_t)(value[i] - '0');
    if (digit > max || sum > (max - digit) / 10) return 1;
    sum = sum * 10 + digit;
  }
  return 0;
}

/* Compressing makes a reply that cannot be compressed a little longer: that alone is no reason to refuse it. What is
 * not compressed and a little too long is refused when it comes. */
static size_t announced_max(const bourse__http_transfer *transfer) {
  size_t max = transfer->reply_size_max, slack = max / 64 + 1024;
  return max > SIZE_MAX - slack ? SIZE_MAX : max + slack;
}

static int32_t too_many(const bourse__http_transfer *transfer, size_t more) {
  return transfer->header_count >= BOURSE__HTTP_HEADERS_MAX || more > BOURSE__HTTP_HEADER_BYTES_MAX ||
         transfer->header_text.length > BOURSE__HTTP_HEADER_BYTES_MAX - more;
}

size_t bourse__http_on_header(char *data, size_t size, size_t count, void *user_data) {
  static const char content_length[] = "content-length";
  bourse__http_transfer *transfer = user_data;
  size_t length = size * count, taken = length;
  if (length >= 5 && memcmp(data, "HTTP/", 5) == 0) {
    /* A status line: what came before belonged to an interim reply. */
    transfer->header_count = 0;
    transfer->header_text.length = 0;
    return taken;
  }
  int32_t folded = length > 0 && (data[0] == ' ' || data[0] == '\t') && transfer->header_count > 0;
  while (length > 0 && is_space(data[length - 1])) length--;
  while (length > 0 && is_space(data[0])) data++, length--;
  if (length == 0) return taken;
  if (memchr(data, '\0', length) != NULL)
    return refuse(transfer, BOURSE_ERROR_BAD_REPLY, "a header of the reply holds a zero byte");
  if (too_many(transfer, length + 2))
    return refuse(transfer, BOURSE_ERROR_BAD_REPLY, "the reply has more headers than allowed (100, 64 KiB in all)");
  if (folded) {
    if (!append_folded(transfer, data, length)) return refuse(transfer, BOURSE_ERROR_MEMORY, "memory is out");
    return taken;
  }
  const char *colon = memchr(data, ':', length);
  if (colon == NULL || colon == data) return taken;
  const char *value = colon + 1, *end = data + length;
  while (value < end && is_space(*value)) value++;
  if (!append_header(transfer, data, (size_t)(colon - data), value, (size_t)(end - value)))
    return refuse(transfer, BOURSE_ERROR_MEMORY, "memory is out");
  const char *name = transfer->header_text.data + transfer->places[transfer->header_count - 1].name;
  if (colon - data == sizeof content_length - 1 && strcmp(name, content_length) == 0 && !transfer->is_head &&
      is_above(value, (size_t)(end - value), announced_max(transfer)))
    return refuse(transfer, BOURSE_ERROR_BAD_REPLY, "the reply is announced to be longer than reply_size_max");
  return taken;
}

size_t bourse__http_on_body(char *data, size_t size, size_t count, void *user_data) {
  bourse__http_transfer *transfer = user_data;
  size_t length = size * count;
  if (length > transfer->reply_size_max - transfer->body.length)
    return refuse(transfer, BOURSE_ERROR_BAD_REPLY, "the reply is longer than reply_size_max");
  if (!bourse__http_reserve(transfer->http, &transfer->body, length, transfer->reply_size_max))
    return refuse(transfer, BOURSE_ERROR_MEMORY, "memory is out");
  put(&transfer->body, data, length);
  return length;
}

int32_t bourse__http_status_error(int32_t status) {
  switch (status) {
    case 400: return BOURSE_ERROR_BAD_REQUEST;
    case 401: return BOURSE_ERROR_AUTH;
    case 403: return BOURSE_ERROR_PERMISSION;
    case 404: return BOURSE_ERROR_NOT_FOUND;
    case 408: return BOURSE_ERROR_FATE_UNKNOWN;
    case 418: return BOURSE_ERROR_BANNED;
    case 429: return BOURSE_ERROR_RATE_LIMITED;
    case 451: return BOURSE_ERROR_LOCATION;
    default:
      return status >= 500 ? BOURSE_ERROR_UNAVAILABLE : status >= 400 ? BOURSE_ERROR_REFUSED : BOURSE_ERROR_BAD_REPLY;
  }
}

/* What an error means by itself; 0: it depends. */
static int32_t plain_error(CURLcode code) {
  switch (code) {
    case CURLE_OK: return BOURSE_OK;
    case CURLE_COULDNT_RESOLVE_HOST: return BOURSE_ERROR_RESOLVE;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY: return BOURSE_ERROR_PROXY;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED: return BOURSE_ERROR_TLS;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_FILESIZE_EXCEEDED:
    case CURLE_WRITE_ERROR:
    case CURLE_UNSUPPORTED_PROTOCOL: /* the URL was checked: an answer that is not HTTP/1 or later */
      return BOURSE_ERROR_BAD_REPLY;
    case CURLE_URL_MALFORMAT: return BOURSE_ERROR_ARGUMENT;
    default: return BOURSE_ERROR_NETWORK;
  }
}

static int32_t has_proxy(const bourse__http *http) { return http->proxy != NULL && http->proxy[0] != '\0'; }

static int32_t connect_error(const bourse__http_job *job) {
  return has_proxy(job->multi->http) ? BOURSE_ERROR_PROXY : BOURSE_ERROR_CONNECT;
}

int32_t bourse__http_error(const bourse__http_job *job, int32_t sent, CURLcode code, const char **out_text) {
  long tunnel_status = 0;
  curl_off_t resolved_us = 0;
  *out_text = job->curl_error[0] != '\0' ? job->curl_error : curl_easy_strerror(code);
  switch (code) {
    case CURLE_COULDNT_CONNECT: return connect_error(job);
    case CURLE_OPERATION_TIMEDOUT: /* connect_timeout_ms; the deadline is not libcurl's */
      curl_easy_getinfo(job->easy, CURLINFO_NAMELOOKUP_TIME_T, &resolved_us);
      return resolved_us == 0 ? BOURSE_ERROR_RESOLVE : connect_error(job);
    case CURLE_ABORTED_BY_CALLBACK: /* by on_request: libcurl was about to send it a second time */
      *out_text = "the connection broke, or refused the request, after it was handed over; it was not sent again";
      return BOURSE_ERROR_DISCONNECTED;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      curl_easy_getinfo(job->easy, CURLINFO_HTTP_CONNECTCODE, &tunnel_status);
      if (sent) return BOURSE_ERROR_DISCONNECTED;
      return tunnel_status != 0 ? BOURSE_ERROR_PROXY : connect_error(job);
    case CURLE_OUT_OF_MEMORY:
      if (!sent) return BOURSE_ERROR_MEMORY;
      *out_text = "a header of the reply is too long (or memory is out: libcurl does not tell these apart)";
      return BOURSE_ERROR_BAD_REPLY;
    default: return plain_error(code);
  }
}
