/* redact.c - hiding secrets and signatures in requests that are shown. */
#include "cli.h"

#include <string.h>

#define HIDDEN "***"

/* Lower case, without '-' and '_'. Names too long to fit are taken for secret (returns 0). */
static int fold(char *out, size_t out_size, const char *name, size_t length) {
  size_t n = 0;
  for (size_t i = 0; i < length; i++) {
    char c = name[i];
    if (c == '-' || c == '_') continue;
    if (n + 1 >= out_size) return 0;
    out[n++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  out[n] = '\0';
  return 1;
}

static int holds_any(const char *text, const char *const *words) {
  for (; *words != NULL; words++)
    if (strstr(text, *words) != NULL) return 1;
  return 0;
}

static int ends_with(const char *text, const char *end) {
  size_t length = strlen(text), end_length = strlen(end);
  return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static int is_secret_parameter(const char *name, size_t length) {
  static const char *const words[] = {"signature", "secret", "pass", "token", "listenkey",
                                      "apikey",    "otp",    "jwt",  NULL};
  char folded[96];
  if (length == 0) return 0;
  /* An encoded name may be any of them. */
  if (memchr(name, '%', length) != NULL || !fold(folded, sizeof folded, name, length)) return 1;
  return strcmp(folded, "sign") == 0 || strcmp(folded, "key") == 0 || holds_any(folded, words);
}

const char *cli_header_value(const char *name, const char *value, int reveal) {
  static const char *const words[] = {"sign", "key", "pass", "token", "auth", "cookie", "secret", "jwt", NULL};
  char folded[96];
  if (reveal) return value;
  if (fold(folded, sizeof folded, name, strlen(name))) {
    if (!holds_any(folded, words)) return value;
    /* KC-API-KEY-VERSION, X-BAPI-SIGN-TYPE and their like say how, not what. */
    if (ends_with(folded, "version") || ends_with(folded, "type")) return value;
  }
  return HIDDEN;
}

static void add_pairs(cli_buffer *out, const char *text, size_t length) {
  for (size_t i = 0; i < length;) {
    const char *pair = text + i, *amp = memchr(pair, '&', length - i);
    size_t pair_length = amp != NULL ? (size_t)(amp - pair) : length - i;
    const char *equals = memchr(pair, '=', pair_length);
    size_t name_length = equals != NULL ? (size_t)(equals - pair) : pair_length;
    if (equals != NULL && is_secret_parameter(pair, name_length)) {
      cli_add_bytes(out, pair, name_length + 1);
      cli_add(out, HIDDEN);
    } else {
      cli_add_bytes(out, pair, pair_length);
    }
    i += pair_length;
    if (amp != NULL) {
      cli_add_char(out, '&');
      i++;
    }
  }
}

void cli_add_url(cli_buffer *out, const char *url, int reveal) {
  if (reveal) {
    cli_add(out, url);
    return;
  }
  const char *host = strstr(url, "://");
  if (host != NULL) {
    host += 3;
    size_t authority = strcspn(host, "/?#"), user = authority;
    while (user > 0 && host[user - 1] != '@') user--;
    cli_add_bytes(out, url, (size_t)(host - url));
    if (user > 0) cli_add(out, HIDDEN "@");
    cli_add_bytes(out, host + user, authority - user);
    url = host + authority;
  }
  size_t path = strcspn(url, "?");
  cli_add_bytes(out, url, path);
  if (url[path] == '?') {
    cli_add_char(out, '?');
    add_pairs(out, url + path + 1, strlen(url + path + 1));
  }
}

/* Writes one JSON value again, without the values of secret members. */
static int add_json(cli_buffer *out, bourse_json *json) {
  bourse_slice text;
  int32_t kind = bourse_json_kind(json);
  int first = 1;
  if (kind == BOURSE_JSON_OBJECT) {
    bourse_slice key;
    cli_add_char(out, '{');
    if (!bourse_json_object_begin(json)) return 0;
    while (bourse_json_object_next(json, &key)) {
      cli_add(out, first ? "\"" : ",\"");
      cli_add_bytes(out, key.data, key.length);
      cli_add(out, "\":");
      first = 0;
      if (!is_secret_parameter(key.data, key.length)) {
        if (!add_json(out, json)) return 0;
      } else {
        if (!bourse_json_skip(json)) return 0;
        cli_add(out, "\"" HIDDEN "\"");
      }
    }
    cli_add_char(out, '}');
    return json->error == NULL;
  }
  if (kind == BOURSE_JSON_ARRAY) {
    cli_add_char(out, '[');
    if (!bourse_json_array_begin(json)) return 0;
    while (bourse_json_array_next(json)) {
      if (!first) cli_add_char(out, ',');
      first = 0;
      if (!add_json(out, json)) return 0;
    }
    cli_add_char(out, ']');
    return json->error == NULL;
  }
  if (!bourse_json_raw(json, &text)) return 0;
  cli_add_bytes(out, text.data, text.length);
  return 1;
}

void cli_add_body(cli_buffer *out, const char *body, size_t length, int reveal) {
  if (reveal) {
    cli_add_bytes(out, body, length);
  } else if (length > 0 && (body[0] == '{' || body[0] == '[')) {
    bourse_json json;
    bourse_json_init(&json, body, length);
    if (!add_json(out, &json)) cli_add(out, HIDDEN);
  } else {
    add_pairs(out, body, length);
  }
}
