/* Requests and messages as clients of Kraken send them, to a simulated one in the same process. */
#ifndef TESTS_SIM_KRAKEN_H
#define TESTS_SIM_KRAKEN_H

#include "client.h"

#define SPOT_SECRET    "c2ltLXNlY3JldA=="
#define FUTURES_SECRET "c2ltLWZ1dHVyZXMtc2VjcmV0"

static uint64_t kraken_nonce;
static const char *kraken_spot_key = "sim-key", *kraken_futures_key = "sim-futures-key";

static inline void kraken_open(client *c, const char *faults, const sim_key *keys, uint32_t key_count, int32_t still) {
  sim_options options;
  char text[600];
  memset(c, 0, sizeof *c);
  memset(&options, 0, sizeof options);
  options.exchange = "kraken";
  options.seed = 7;
  options.now_ns = CLIENT_START;
  options.faults = faults;
  options.keys = keys;
  options.key_count = key_count;
  options.still = still;
  if (sim_new(&c->s, &options, text, sizeof text) != BOURSE_OK) {
    printf("%s\n", text);
    abort();
  }
  c->connection = sim_connect(c->s, "10.0.0.1");
  kraken_nonce = 1000;
}

static inline void advance(client *c, int64_t ms) { sim_advance(c->s, sim_now_ns(c->s) + ms * 1000000); }

/* A private call with a signature that is given. */
static inline const char *kraken_signed(client *c, const char *path, const char *key, const char *signature,
                                        const char *type, const char *body) {
  char text[4096];
  (void)snprintf(text, sizeof text,
                 "POST %s HTTP/1.1\r\nHost: x\r\nAPI-Key: %s\r\nAPI-Sign: %s\r\nContent-Type: %s\r\n"
                 "Content-Length: %zu\r\n\r\n%s",
                 path, key, signature, type, strlen(body), body);
  client_send(c, text);
  return c->body;
}

/* A private call of spot, signed as documented; parameters without the nonce. */
static inline const char *spot(client *c, const char *name, const char *params) {
  char path[80], body[2048], message[4096], signature[129], nonce[24];
  uint8_t secret[64], digest[32];
  (void)snprintf(nonce, sizeof nonce, "%llu", (unsigned long long)++kraken_nonce);
  (void)snprintf(path, sizeof path, "/0/private/%s", name);
  (void)snprintf(body, sizeof body, "nonce=%s%s%s", nonce, params[0] == '\0' ? "" : "&", params);
  (void)snprintf(message, sizeof message, "%s%s", nonce, body);
  (void)sim_sha256(digest, message, strlen(message));
  size_t length = strlen(path);
  memcpy(message, path, length);
  memcpy(message + length, digest, sizeof digest);
  int64_t secret_length = sim_base64_decode(secret, SPOT_SECRET);
  (void)sim_hmac_base64(signature, 512, secret, (size_t)secret_length, message, length + sizeof digest);
  return kraken_signed(c, path, kraken_spot_key, signature, "application/x-www-form-urlencoded", body);
}

/* A signed call of futures; `params` is the query of GET and PUT, the form of POST. */
static inline const char *futures(client *c, const char *method, const char *path, const char *params) {
  char text[4096], message[4096], signature[129];
  uint8_t secret[64], digest[32];
  const char *signed_path = strncmp(path, "/derivatives", 12) == 0 ? path + 12 : path;
  int32_t posts = strcmp(method, "POST") == 0;
  (void)snprintf(message, sizeof message, "%s%s", params, signed_path);
  (void)sim_sha256(digest, message, strlen(message));
  int64_t secret_length = sim_base64_decode(secret, FUTURES_SECRET);
  (void)sim_hmac_base64(signature, 512, secret, (size_t)secret_length, digest, sizeof digest);
  (void)snprintf(text, sizeof text,
                 "%s %s%s%s HTTP/1.1\r\nHost: x\r\nAPIKey: %s\r\nAuthent: %s\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
                 method, path, posts || params[0] == '\0' ? "" : "?", posts ? "" : params, kraken_futures_key,
                 signature, posts ? strlen(params) : 0, posts ? params : "");
  client_send(c, text);
  return c->body;
}

/* The text of a member, wherever it first stands in the last reply; in a buffer of its own. */
static inline const char *member_of(const char *json, const char *name) {
  static char values[8][128];
  static uint32_t next;
  char *out = values[next++ % 8], key[64];
  (void)snprintf(key, sizeof key, "\"%s\":", name);
  const char *at = strstr(json, key);
  out[0] = '\0';
  if (at == NULL) return out;
  at += strlen(key);
  at += strspn(at, "[\"");
  (void)snprintf(out, sizeof values[0], "%.*s", (int)strcspn(at, "\",]}"), at);
  return out;
}

/* --- WebSocket --- */

static inline void say(client *c, const char *text) {
  static const uint8_t mask[4] = {9, 8, 7, 6};
  size_t length = strlen(text), at = 2;
  uint8_t *bytes = malloc(length + 16);
  if (bytes == NULL) abort();
  bytes[0] = 0x81;
  bytes[1] = (uint8_t)(0x80 | (length < 126 ? length : 126));
  if (length >= 126) {
    bytes[at++] = (uint8_t)(length >> 8);
    bytes[at++] = (uint8_t)length;
  }
  memcpy(bytes + at, mask, 4);
  at += 4;
  for (size_t i = 0; i < length; i++) bytes[at++] = (uint8_t)((uint8_t)text[i] ^ mask[i % 4]);
  sim_receive(c->connection, bytes, at);
  free(bytes);
}

/* The next message, NUL-terminated; NULL: there is none. */
static inline const char *heard(client *c) {
  static char payload[70000];
  size_t length, at = 2;
  const uint8_t *bytes = sim_output(c->connection, &length);
  if (length < 2) return NULL;
  size_t size = bytes[1] & 0x7f;
  if (size == 126) {
    size = (size_t)bytes[2] << 8 | bytes[3];
    at = 4;
  }
  if (length < at + size || size >= sizeof payload) return NULL;
  memcpy(payload, bytes + at, size);
  payload[size] = '\0';
  sim_sent(c->connection, at + size);
  return payload;
}

/* The next message that has this in it; "": there is none. */
static inline const char *heard_with(client *c, const char *part) {
  const char *text;
  do text = heard(c);
  while (text != NULL && strstr(text, part) == NULL);
  return text == NULL ? "" : text;
}

/* A second connection of the same exchange, upgraded. */
static inline void kraken_socket(client *c, const client *of, const char *path) {
  char text[1024];
  memset(c, 0, sizeof *c);
  c->s = of->s;
  c->connection = sim_connect(of->s, "10.0.0.2");
  (void)snprintf(text, sizeof text,
                 "GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                 path);
  sim_receive(c->connection, text, strlen(text));
  size_t length;
  const char *bytes = sim_output(c->connection, &length);
  const char *end = length == 0 ? NULL : strstr(bytes, "\r\n\r\n");
  if (end != NULL) sim_sent(c->connection, (size_t)(end + 4 - bytes));
}

#endif
