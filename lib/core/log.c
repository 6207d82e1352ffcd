#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <bourse/error.h>
#include <bourse/sys/json.h>

#define MESSAGE_SIZE     1024
#define NAME_SIZE        128 /* longer names of parameters are taken for secret */
#define KEY_SHOWN        4   /* first characters of an API key that stay */
#define KEY_LENGTH_MIN   12  /* of shorter keys nothing is shown */
#define TOKEN_LENGTH_MIN 40  /* a bare word of this length in a URL is taken for a listen key or token */
#define HIDDEN           "***"

void bourse__log_write(const bourse__log *log, int32_t level, const char *format, ...) {
  if (log == NULL || log->write == NULL || level > log->level) return;
  char message[MESSAGE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  if (length < 0) return;
  if ((size_t)length >= sizeof message) memcpy(message + sizeof message - 4, "...", 4);
  log->write(log->user_data, level, message);
}

/* Lower case, and without '-' and '_', so that apiKey, api_key, API-Key and listen_key are each one word. Returns the
 * length, or 0 when the name does not fit. */
static size_t fold(char out[NAME_SIZE], const char *name, size_t length) {
  size_t n = 0;
  for (size_t i = 0; i < length; i++) {
    char c = name[i];
    if (c == '-' || c == '_') continue;
    if (n + 1 == NAME_SIZE) return 0;
    out[n++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  out[n] = '\0';
  return n;
}

static int32_t contains_any(const char *folded, const char *const *words) {
  for (; *words != NULL; words++)
    if (strstr(folded, *words) != NULL) return 1;
  return 0;
}

int32_t bourse__is_secret_header(const char *name, size_t length) {
  static const char *const words[] = {"sign", "key", "pass", "token", "auth", "cookie", "secret", "jwt", NULL};
  char folded[NAME_SIZE];
  return fold(folded, name, length) == 0 || contains_any(folded, words);
}

int32_t bourse__is_secret_parameter(const char *name, size_t length) {
  static const char *const words[] = {"signature", "secret", "pass",      "token",      "listenkey", "apikey",
                                      "otp",       "jwt",    "challenge", "privatekey", "cookie",    NULL};
  char folded[NAME_SIZE];
  if (length == 0) return 0;
  return fold(folded, name, length) == 0 || strcmp(folded, "sign") == 0 || contains_any(folded, words);
}

/* An API key names an account but does not open it: its first characters help to tell keys apart. */
static int32_t is_api_key(const char *name, size_t length) {
  static const char *const exact[] = {"apikey", "xmbxapikey", "kcapikey", "okaccesskey", "xbapiapikey", "cbaccesskey"};
  char folded[NAME_SIZE];
  if (fold(folded, name, length) == 0) return 0;
  for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++)
    if (strcmp(folded, exact[i]) == 0) return 1;
  return 0;
}

static void append_hidden(bourse_text *out, const char *name, size_t name_length, const char *value, size_t length) {
  if (length >= KEY_LENGTH_MIN && is_api_key(name, name_length)) bourse_text_append(out, value, KEY_SHOWN);
  bourse_text_string(out, HIDDEN);
}

static int32_t hex_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/* A parameter's name may be percent-encoded: secret is what it means, not how it is written. */
static int32_t is_secret_encoded_parameter(const char *name, size_t length) {
  char plain[NAME_SIZE];
  size_t n = 0;
  for (size_t i = 0; i < length; i++) {
    if (n == sizeof plain) return 1;
    if (name[i] == '%' && length - i > 2 && hex_digit(name[i + 1]) >= 0 && hex_digit(name[i + 2]) >= 0) {
      plain[n++] = (char)(hex_digit(name[i + 1]) << 4 | hex_digit(name[i + 2]));
      i += 2;
    } else {
      plain[n++] = name[i];
    }
  }
  return bourse__is_secret_parameter(plain, n);
}

static int32_t is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* Listen keys stand in the path of a stream URL without any name. */
static void append_without_tokens(bourse_text *out, const char *text, size_t length) {
  for (size_t i = 0; i < length;) {
    size_t end = i;
    while (end < length && is_word(text[end])) end++;
    if (end - i >= TOKEN_LENGTH_MIN)
      bourse_text_string(out, HIDDEN);
    else
      bourse_text_append(out, text + i, end - i);
    for (i = end; i < length && !is_word(text[i]); i++) bourse_text_char(out, text[i]);
  }
}

static void redact_pairs(bourse_text *out, const char *text, size_t length) {
  size_t i = 0;
  while (i < length) {
    const char *pair = text + i;
    const char *amp = memchr(pair, '&', length - i);
    size_t pair_length = amp == NULL ? length - i : (size_t)(amp - pair);
    const char *equals = memchr(pair, '=', pair_length);
    if (equals == NULL) {
      append_without_tokens(out, pair, pair_length);
    } else {
      size_t name_length = (size_t)(equals - pair);
      bourse_text_append(out, pair, name_length + 1);
      if (is_secret_encoded_parameter(pair, name_length))
        append_hidden(out, pair, name_length, equals + 1, pair_length - name_length - 1);
      else
        append_without_tokens(out, equals + 1, pair_length - name_length - 1);
    }
    i += pair_length;
    if (amp != NULL) bourse_text_char(out, '&'), i++;
  }
}

void bourse__redact_url(bourse_text *out, const char *url) {
  const char *host = strstr(url, "://");
  if (host != NULL) {
    host += 3;
    bourse_text_append(out, url, (size_t)(host - url));
    size_t authority = strcspn(host, "/?#");
    size_t user = authority;
    while (user > 0 && host[user - 1] != '@') user--;
    if (user > 0) bourse_text_string(out, HIDDEN "@");
    bourse_text_append(out, host + user, authority - user);
    url = host + authority;
  }
  size_t path = strcspn(url, "?");
  append_without_tokens(out, url, path);
  if (url[path] == '\0') return;
  bourse_text_char(out, '?');
  redact_pairs(out, url + path + 1, strlen(url + path + 1));
}

void bourse__redact_form(bourse_text *out, const char *body, size_t length) { redact_pairs(out, body, length); }

void bourse__redact_header(bourse_text *out, const char *name, const char *value) {
  size_t name_length = strlen(name);
  bourse_text_append(out, name, name_length);
  bourse_text_string(out, ": ");
  if (bourse__is_secret_header(name, name_length))
    append_hidden(out, name, name_length, value, strlen(value));
  else
    bourse_text_string(out, value);
}

static int32_t is_secret_json_key(bourse_slice key) {
  char plain[NAME_SIZE];
  if (key.length > sizeof plain) return 1;
  int64_t length = bourse_json_unescape(plain, key);
  return length < 0 || bourse__is_secret_parameter(plain, (size_t)length);
}

/* Some exchanges log in with {"op":"auth","args":[key, expires, signature]}: there the arguments have no names. `json`
 * stands inside the object; the walk is on a copy. */
static int32_t is_login(bourse_json json) {
  bourse_slice key, value;
  int32_t escaped;
  while (bourse_json_object_next(&json, &key)) {
    if ((bourse_slice_is(key, "op") || bourse_slice_is(key, "method")) &&
        bourse_json_kind(&json) == BOURSE_JSON_STRING) {
      bourse_json_string(&json, &value, &escaped);
      return bourse_slice_is(value, "auth") || bourse_slice_is(value, "login");
    }
    bourse_json_skip(&json);
  }
  return 0;
}

static void hide_value(bourse_text *out, bourse_json *json, bourse_slice key) {
  bourse_slice value;
  int32_t kind = bourse_json_kind(json);
  if (!bourse_json_raw(json, &value)) return;
  bourse_text_char(out, '"');
  if (kind == BOURSE_JSON_STRING)
    append_hidden(out, key.data, key.length, value.data + 1, value.length - 2);
  else
    bourse_text_string(out, HIDDEN);
  bourse_text_char(out, '"');
}

static void redact_value(bourse_text *out, bourse_json *json);

static void redact_object(bourse_text *out, bourse_json *json) {
  bourse_slice key;
  int32_t first = 1;
  if (!bourse_json_object_begin(json)) return;
  int32_t login = json->depth == 1 && is_login(*json);
  bourse_text_char(out, '{');
  while (bourse_json_object_next(json, &key)) {
    if (!first) bourse_text_char(out, ',');
    first = 0;
    bourse_text_char(out, '"');
    bourse_text_append(out, key.data, key.length);
    bourse_text_string(out, "\":");
    if (is_secret_json_key(key) || (login && bourse_slice_is(key, "args")))
      hide_value(out, json, key);
    else
      redact_value(out, json);
  }
  if (json->error == NULL) bourse_text_char(out, '}');
}

/* Depth is bounded by the reader's own limit. */
static void redact_value(bourse_text *out, bourse_json *json) {
  bourse_slice bytes;
  int32_t kind = bourse_json_kind(json);
  if (kind == BOURSE_JSON_OBJECT) {
    redact_object(out, json);
  } else if (kind == BOURSE_JSON_ARRAY) {
    int32_t first = 1;
    if (!bourse_json_array_begin(json)) return;
    bourse_text_char(out, '[');
    while (bourse_json_array_next(json)) {
      if (!first) bourse_text_char(out, ',');
      first = 0;
      redact_value(out, json);
    }
    if (json->error == NULL) bourse_text_char(out, ']');
  } else if (bourse_json_raw(json, &bytes)) {
    bourse_text_append(out, bytes.data, bytes.length);
  }
}

void bourse__redact_json(bourse_text *out, const char *body, size_t length) {
  bourse_json json;
  bourse_json_init(&json, body, length);
  redact_value(out, &json);
  if (bourse_json_finish(&json) != BOURSE_OK) bourse_text_string(out, HIDDEN);
}

void bourse__redact_body(bourse_text *out, const char *body, size_t length) {
  size_t i = 0;
  while (i < length && (body[i] == ' ' || body[i] == '\t' || body[i] == '\r' || body[i] == '\n')) i++;
  if (i < length && (body[i] == '{' || body[i] == '['))
    bourse__redact_json(out, body, length);
  else
    bourse__redact_form(out, body, length);
}
