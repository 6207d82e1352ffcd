/* fuzz_sim.c - what clients may send to simulated exchanges. The first byte chooses the exchange, and with 0x80 that all is done
 * twice; then come pieces, with a byte 0x1e between them. The first letter of a piece says what it is:
 *
 *   R bytes                      as they stand, on one connection that stays
 *   C METHOD /path?query\nbody   a request of a client that has a key: time, nonce and signature are added
 *   U /path?query                a WebSocket connection is opened
 *   T text                       a message on the newest of those, F bytes: bytes that are no whole frame
 *   L                            the newest of those logs in, where that is a message with a signature; at KuCoin a connection
 *                                is opened with the newest token, or one for orders, and the next L answers its challenge
 *   A 1500                       time goes on, in milliseconds
 *   D                            the newest WebSocket connection is dropped
 *
 * 1. All that goes back over HTTP are whole replies, as long as they say, and JSON where they say that they are. Each
 *    request of `C` has exactly one.
 * 2. It makes no difference whether bytes come together or one by one. */
#include <cjson/cJSON.h>
#include <openssl/evp.h>

#include "require.h"
#include "sim/core.h"

#define START   INT64_C(1700000000000000000)
#define SOCKETS 8
#define SEED    "0123456789abcdef0123456789abcdef" /* of the Ed25519 key that clients of Coinbase have here */
#define ED_KEY  "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" /* the same in base64 */

typedef struct player {
  sim *s;
  const sim_dialect *dialect;
  sim_connection *raw, *sockets[SOCKETS];
  uint32_t socket_count;
  int one_by_one;
  uint64_t nonce;
  uint64_t hash;                  /* of all that came back */
  char token[200], challenge[80]; /* of KuCoin, the newest */
} player;

/* --- What comes back --- */

static void note(player *p, const void *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) p->hash = (p->hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(1099511628211);
}

/* Checks one reply at the beginning of `text`; its length. A reply to HEAD has no body. */
static size_t check_reply(const char *text, size_t length, int head) {
  const char *end = strstr(text, "\r\n\r\n"), *size = strstr(text, "Content-Length: ");
  REQUIRE(length >= 12 && memcmp(text, "HTTP/1.1 ", 9) == 0 && end != NULL);
  size_t at = (size_t)(end + 4 - text);
  if (text[9] == '1') return at;
  REQUIRE(size != NULL && size < end);
  size_t body = strtoul(size + 16, NULL, 10);
  const char *json = strstr(text, "application/json");
  if (head) return at;
  REQUIRE(body <= length - at);
  if (json != NULL && json < end && body > 0) {
    cJSON *tree = cJSON_ParseWithLength(text + at, body);
    if (tree == NULL) fprintf(stderr, "not JSON: %.*s\n", (int)body, text + at);
    REQUIRE(tree != NULL);
    cJSON_Delete(tree);
  }
  return at + body;
}

/* What stands behind `before`, up to and with `last`; as it was where that is not there, or there is no room. */
static void keep(char *out, size_t size, const char *text, size_t length, const char *before, char last) {
  const char *at = memmem(text, length, before, strlen(before));
  if (at == NULL) return;
  const char *end = memchr(at + strlen(before), last, length - (size_t)(at - text) - strlen(before));
  if (end == NULL || (size_t)(end - at) + 1 >= size) return;
  (void)snprintf(out, size, "%.*s", (int)(end - at) + 1, at);
}

/* Takes what the exchange has to say; the number of replies. */
static uint32_t take(player *p, sim_connection *connection, int http, int head) {
  size_t length;
  uint32_t replies = 0;
  const char *bytes = sim_output(connection, &length);
  char *text = malloc(length + 1);
  REQUIRE(text != NULL);
  if (length > 0) memcpy(text, bytes, length);
  text[length] = '\0';
  note(p, text, length);
  keep(p->token, sizeof p->token, text, length, "\"token\":\"", '"');
  keep(p->challenge, sizeof p->challenge, text, length, "{\"sessionId\":", '}');
  sim_sent(connection, length);
  for (size_t at = 0; http && at < length; replies++) at += check_reply(text + at, length - at, head);
  free(text);
  return replies;
}

static void take_all(player *p) {
  for (uint32_t i = 0; i < p->socket_count; i++) (void)take(p, p->sockets[i], 0, 0);
}

static void send_bytes(const player *p, sim_connection *connection, const char *bytes, size_t length) {
  for (size_t i = 0; p->one_by_one && i < length; i++) sim_receive(connection, bytes + i, 1);
  if (!p->one_by_one) sim_receive(connection, bytes, length);
}

/* --- Requests of a client with a key --- */

typedef struct call {
  char method[16], path[512], query[4096], body[8192], headers[2400];
} call;

/* "METHOD /path?query\nbody"; 0: too long, or not of this form. */
static int read_call(call *c, const char *text) {
  const char *space = strchr(text, ' '), *line = strchr(text, '\n');
  const char *end = line == NULL ? text + strlen(text) : line, *body = line == NULL ? "" : line + 1;
  if (space == NULL || space > end || space - text >= 16 || strlen(body) >= sizeof c->body - 600) return 0;
  const char *target = space + 1, *question = memchr(target, '?', (size_t)(end - target));
  const char *path_end = question == NULL ? end : question, *query = question == NULL ? end : question + 1;
  if ((size_t)(path_end - target) >= sizeof c->path || (size_t)(end - query) >= sizeof c->query - 600) return 0;
  (void)snprintf(c->method, sizeof c->method, "%.*s", (int)(space - text), text);
  (void)snprintf(c->path, sizeof c->path, "%.*s", (int)(path_end - target), target);
  (void)snprintf(c->query, sizeof c->query, "%.*s", (int)(end - query), query);
  (void)snprintf(c->body, sizeof c->body, "%s", body);
  c->headers[0] = '\0';
  return 1;
}

/* Text behind a text, or nothing of it when there is no room. */
static void append(char *text, size_t size, const char *more) {
  size_t at = strlen(text), length = strlen(more);
  if (length < size - at) memcpy(text + at, more, length + 1);
}

static void sign_binance(const player *p, call *c) {
  char now[64], signature[129];
  const char *secret = p->dialect->default_secret;
  sim_buffer text = {0};
  (void)snprintf(now, sizeof now, "%stimestamp=%lld", c->query[0] == '\0' ? "" : "&",
                 (long long)(sim_now_ns(p->s) / 1000000));
  append(c->query, sizeof c->query, now);
  sim_buffer_format(&text, "%s%s", c->query, c->body);
  REQUIRE(sim_hmac_hex(signature, 256, secret, strlen(secret), text.bytes, text.length));
  sim_buffer_free(&text);
  append(c->query, sizeof c->query, "&signature=");
  append(c->query, sizeof c->query, signature);
  append(c->headers, sizeof c->headers, "X-MBX-APIKEY: ");
  append(c->headers, sizeof c->headers, p->dialect->default_key);
  append(c->headers, sizeof c->headers, "\r\n");
}

static void add_nonce(call *c, const char *nonce) {
  char pair[64];
  if (c->body[0] == '{' && c->body[1] != '\0') {
    size_t length = (size_t)snprintf(pair, sizeof pair, "\"nonce\":%s%s", nonce, c->body[1] == '}' ? "" : ",");
    memmove(c->body + 1 + length, c->body + 1, strlen(c->body)); /* read_call left room */
    memcpy(c->body + 1, pair, length);
    append(c->headers, sizeof c->headers, "Content-Type: application/json\r\n");
  } else {
    (void)snprintf(pair, sizeof pair, "%snonce=%s", c->body[0] == '\0' ? "" : "&", nonce);
    append(c->body, sizeof c->body, pair);
  }
}

/* Of both products; what is signed is a digest, on spot with the path before it. */
static void sign_kraken(player *p, call *c) {
  uint8_t digest[32], secret[256];
  char nonce[32], signature[129], headers[600];
  int futures = strncmp(c->path, "/derivatives", 12) == 0;
  const sim_key *key = &p->dialect->more_keys[0];
  const char *encoded = futures ? key->secret : p->dialect->default_secret;
  sim_buffer text = {0};
  (void)snprintf(nonce, sizeof nonce, "%llu", (unsigned long long)++p->nonce);
  if (!futures) add_nonce(c, nonce);
  if (futures)
    sim_buffer_format(&text, "%s%s%s%s", c->query, c->body, nonce, c->path + 12);
  else
    sim_buffer_format(&text, "%s%s", nonce, c->body);
  REQUIRE(sim_sha256(digest, text.bytes, text.length));
  sim_buffer_take(&text, text.length);
  if (!futures) sim_buffer_text(&text, c->path);
  sim_buffer_add(&text, digest, sizeof digest);
  int64_t secret_length = sim_base64_decode(secret, encoded);
  REQUIRE(secret_length > 0 && sim_hmac_base64(signature, 512, secret, (size_t)secret_length, text.bytes, text.length));
  sim_buffer_free(&text);
  (void)snprintf(headers, sizeof headers,
                 futures ? "APIKey: %s\r\nAuthent: %s\r\nNonce: %s\r\n" : "API-Key: %s\r\nAPI-Sign: %s\r\nX: %s\r\n",
                 futures ? key->api_key : p->dialect->default_key, signature, nonce);
  append(c->headers, sizeof c->headers, headers);
}

static void sign_bybit(const player *p, call *c) {
  char signature[129], headers[400];
  const char *secret = p->dialect->default_secret;
  long long now = (long long)(sim_now_ns(p->s) / 1000000);
  sim_buffer text = {0};
  sim_buffer_format(&text, "%lld%s5000%s", now, p->dialect->default_key,
                    strcmp(c->method, "POST") == 0 ? c->body : c->query);
  REQUIRE(sim_hmac_hex(signature, 256, secret, strlen(secret), text.bytes, text.length));
  sim_buffer_free(&text);
  (void)snprintf(headers, sizeof headers,
                 "X-BAPI-API-KEY: %s\r\nX-BAPI-TIMESTAMP: %lld\r\nX-BAPI-RECV-WINDOW: 5000\r\nX-BAPI-SIGN: %s\r\n",
                 p->dialect->default_key, now, signature);
  append(c->headers, sizeof c->headers, headers);
}

static void sign_okx(const player *p, call *c) {
  char signature[129], headers[400], now[SIM_TIME_SIZE];
  const char *secret = p->dialect->default_secret;
  sim_buffer text = {0};
  sim_iso(now, sim_now_ns(p->s), 3);
  sim_buffer_format(&text, "%s%s%s%s%s%s", now, c->method, c->path, c->query[0] == '\0' ? "" : "?", c->query, c->body);
  REQUIRE(sim_hmac_base64(signature, 256, secret, strlen(secret), text.bytes, text.length));
  sim_buffer_free(&text);
  (void)snprintf(headers, sizeof headers,
                 "OK-ACCESS-KEY: %s\r\nOK-ACCESS-PASSPHRASE: %s\r\nOK-ACCESS-TIMESTAMP: %s\r\nOK-ACCESS-SIGN: %s\r\n",
                 p->dialect->default_key, p->dialect->default_passphrase, now, signature);
  append(c->headers, sizeof c->headers, headers);
}

static const char *kucoin_hmac(char out[129], const player *p, const char *text) {
  const char *secret = p->dialect->default_secret;
  REQUIRE(sim_hmac_base64(out, 256, secret, strlen(secret), text, strlen(text)));
  return out;
}

static void sign_kucoin(const player *p, call *c) {
  char signature[129], pass[129], headers[500];
  long long now = (long long)(sim_now_ns(p->s) / 1000000);
  sim_buffer text = {0};
  sim_buffer_format(&text, "%lld%s%s%s%s%s", now, c->method, c->path, c->query[0] == '\0' ? "" : "?", c->query,
                    c->body);
  REQUIRE(sim_hmac_base64(signature, 256, p->dialect->default_secret, strlen(p->dialect->default_secret), text.bytes,
                          text.length));
  sim_buffer_free(&text);
  (void)snprintf(headers, sizeof headers,
                 "KC-API-KEY: %s\r\nKC-API-SIGN: %s\r\nKC-API-TIMESTAMP: %lld\r\nKC-API-PASSPHRASE: %s\r\n"
                 "KC-API-KEY-VERSION: 3\r\nContent-Type: application/json\r\n",
                 p->dialect->default_key, signature, now, kucoin_hmac(pass, p, p->dialect->default_passphrase));
  append(c->headers, sizeof c->headers, headers);
}

static size_t url_base64(char *out, const void *bytes, size_t length) {
  size_t size = (size_t)EVP_EncodeBlock((uint8_t *)out, bytes, (int)length);
  for (size_t i = 0; i < size; i++) out[i] = out[i] == '+' ? '-' : out[i] == '/' ? '_' : out[i];
  while (size > 0 && out[size - 1] == '=') size--;
  out[size] = '\0';
  return size;
}

/* A token of Coinbase; `method` NULL: for a message. */
static void write_token(const player *p, char out[2048], const char *method, const char *path) {
  static const char header[] = "{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"ed\",\"nonce\":\"0011\"}";
  char claims[900], uri[600] = "";
  uint8_t signature[64];
  size_t signature_length = sizeof signature;
  long long now = (long long)(sim_now_ns(p->s) / 1000000000);
  if (method != NULL) (void)snprintf(uri, sizeof uri, ",\"uri\":\"%s api.coinbase.com%s\"", method, path);
  (void)snprintf(claims, sizeof claims, "{\"sub\":\"ed\",\"iss\":\"cdp\",\"nbf\":%lld,\"exp\":%lld%s}", now, now + 120,
                 uri);
  size_t length = url_base64(out, header, strlen(header));
  out[length++] = '.';
  length += url_base64(out + length, claims, strlen(claims));
  EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, (const uint8_t *)SEED, 32);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  REQUIRE(EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
          EVP_DigestSign(context, signature, &signature_length, (const uint8_t *)out, length) == 1);
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  out[length++] = '.';
  (void)url_base64(out + length, signature, sizeof signature);
}

static void sign_coinbase(const player *p, call *c) {
  char token[2048];
  write_token(p, token, c->method, c->path);
  append(c->headers, sizeof c->headers,
         "Host: api.coinbase.com\r\nContent-Type: application/json\r\nAuthorization: Bearer ");
  append(c->headers, sizeof c->headers, token);
  append(c->headers, sizeof c->headers, "\r\n");
}

/* Of an exchange that is not named here, what is public is asked for. */
static void sign(player *p, call *c) {
  const char *name = p->dialect->name;
  if (strcmp(name, "binance") == 0) sign_binance(p, c);
  if (strcmp(name, "kraken") == 0) sign_kraken(p, c);
  if (strcmp(name, "bybit") == 0) sign_bybit(p, c);
  if (strcmp(name, "okx") == 0) sign_okx(p, c);
  if (strcmp(name, "coinbase") == 0) sign_coinbase(p, c);
  if (strcmp(name, "kucoin") == 0) sign_kucoin(p, c);
}

static void request(player *p, const char *text) {
  sim_buffer bytes = {0};
  call c;
  if (!read_call(&c, text)) return;
  sign(p, &c);
  sim_buffer_format(&bytes, "%s %s%s%s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %zu\r\n\r\n%s", c.method, c.path,
                    c.query[0] == '\0' ? "" : "?", c.query, c.headers, strlen(c.body), c.body);
  sim_connection *connection = sim_connect(p->s, "10.0.0.2");
  REQUIRE(connection != NULL);
  send_bytes(p, connection, bytes.bytes, bytes.length);
  sim_buffer_free(&bytes);
  /* Of a path with a control character the first line is no first line, and what follows may be taken for more. */
  int plain = c.path[0] == '/' && strspn(c.method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(c.method);
  for (const char *at = c.path; *at != '\0'; at++) plain &= *at > ' ' && *at < 0x7f;
  for (const char *at = c.query; *at != '\0'; at++) plain &= *at > ' ' && *at < 0x7f;
  int head = strcmp(c.method, "HEAD") == 0; /* what is no request is none with HEAD either */
  uint32_t replies = take(p, connection, plain || !head, head);
  REQUIRE(!plain || replies == 1);
  take_all(p);
  sim_disconnect(connection);
}

/* --- WebSocket --- */

static void open_socket(player *p, const char *target) {
  char bytes[1400];
  if (p->socket_count == SOCKETS || strlen(target) > 1000) return;
  sim_connection *connection = sim_connect(p->s, "10.0.0.3");
  REQUIRE(connection != NULL);
  p->sockets[p->socket_count++] = connection;
  (void)snprintf(
      bytes, sizeof bytes,
      "GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      target);
  send_bytes(p, connection, bytes, strlen(bytes));
}

static void say(const player *p, const char *text, size_t length) {
  static char frame[70000];
  size_t at = 2;
  if (p->socket_count == 0 || length > 65000) return;
  frame[0] = (char)0x81;
  frame[1] = (char)(0x80 | (length < 126 ? length : 126));
  if (length >= 126) {
    frame[at++] = (char)(length >> 8);
    frame[at++] = (char)length;
  }
  memset(frame + at, 0, 4); /* a mask of zeros */
  memcpy(frame + at + 4, text, length);
  send_bytes(p, p->sockets[p->socket_count - 1], frame, at + 4 + length);
}

static const char *escaped(char out[400], const char *text) {
  size_t at = 0;
  for (; *text != '\0' && at < 390; text++) at += (size_t)snprintf(out + at, 400 - at, "%%%02X", (uint8_t)*text);
  out[at] = '\0';
  return out;
}

static void log_in_kucoin(player *p) {
  char target[1000], text[200], sign[129], pass[129], safe_sign[400], safe_pass[400];
  long long now = (long long)(sim_now_ns(p->s) / 1000000);
  if (p->challenge[0] != '\0') {
    (void)kucoin_hmac(sign, p, p->challenge);
    p->challenge[0] = '\0';
    say(p, sign, strlen(sign));
    return;
  }
  (void)snprintf(text, sizeof text, "%s%lld", p->dialect->default_key, now);
  if (p->token[0] != '\0')
    (void)snprintf(target, sizeof target, "/?connectId=1&token=%.*s", (int)strlen(p->token) - 10, p->token + 9);
  else
    (void)snprintf(target, sizeof target, "/v1/private?apikey=%s&sign=%s&passphrase=%s&timestamp=%lld",
                   p->dialect->default_key, escaped(safe_sign, kucoin_hmac(sign, p, text)),
                   escaped(safe_pass, kucoin_hmac(pass, p, p->dialect->default_passphrase)), now);
  p->token[0] = '\0';
  open_socket(p, target);
}

static void log_in(player *p) {
  char text[80], signature[129], token[2048], message[2400] = "";
  const char *key = p->dialect->default_key, *secret = p->dialect->default_secret;
  long long seconds = (long long)(sim_now_ns(p->s) / 1000000000);
  if (strcmp(p->dialect->name, "bybit") == 0) {
    (void)snprintf(text, sizeof text, "GET/realtime%lld", seconds * 1000 + 9000);
    REQUIRE(sim_hmac_hex(signature, 256, secret, strlen(secret), text, strlen(text)));
    (void)snprintf(message, sizeof message, "{\"op\":\"auth\",\"args\":[\"%s\",%lld,\"%s\"]}", key,
                   seconds * 1000 + 9000, signature);
  } else if (strcmp(p->dialect->name, "okx") == 0) {
    (void)snprintf(text, sizeof text, "%lldGET/users/self/verify", seconds);
    REQUIRE(sim_hmac_base64(signature, 256, secret, strlen(secret), text, strlen(text)));
    (void)snprintf(message, sizeof message,
                   "{\"op\":\"login\",\"args\":[{\"apiKey\":\"%s\",\"passphrase\":\"%s\",\"timestamp\":\"%lld\","
                   "\"sign\":\"%s\"}]}",
                   key, p->dialect->default_passphrase, seconds, signature);
  } else if (strcmp(p->dialect->name, "coinbase") == 0) {
    write_token(p, token, NULL, NULL);
    (void)snprintf(message, sizeof message, "{\"type\":\"subscribe\",\"channel\":\"user\",\"jwt\":\"%s\"}", token);
  } else if (strcmp(p->dialect->name, "kucoin") == 0) {
    log_in_kucoin(p);
  }
  if (message[0] != '\0') say(p, message, strlen(message));
}

/* --- Playing --- */

static void piece(player *p, const char *text, size_t length) {
  const char *rest = length > 2 ? text + 2 : "";
  size_t left = length > 2 ? length - 2 : 0;
  switch (text[0]) {
    case 'R': send_bytes(p, p->raw, rest, left); break;
    case 'C': request(p, rest); break;
    case 'U': open_socket(p, rest); break;
    case 'T': say(p, rest, left); break;
    case 'L': log_in(p); break;
    case 'F':
      if (p->socket_count > 0) send_bytes(p, p->sockets[p->socket_count - 1], rest, left);
      break;
    case 'A': sim_advance(p->s, sim_now_ns(p->s) + strtol(rest, NULL, 10) % 20000 * 1000000); break;
    case 'D':
      if (p->socket_count > 0) sim_disconnect(p->sockets[--p->socket_count]);
      break;
    default: break;
  }
}

static uint64_t play(const uint8_t *data, size_t size, int one_by_one) {
  sim_options options;
  char error[600];
  uint32_t dialects = 0;
  player p;
  memset(&p, 0, sizeof p);
  memset(&options, 0, sizeof options);
  while (sim_dialect_at(dialects) != NULL) dialects++;
  p.dialect = sim_dialect_at((data[0] & 0x7fu) % dialects);
  p.one_by_one = one_by_one;
  p.nonce = 1000;
  options.exchange = p.dialect->name;
  options.seed = 7;
  options.now_ns = START;
  static const sim_key coinbase_key = {"main", "ed", ED_KEY, NULL, 0, 1};
  if (strcmp(options.exchange, "coinbase") == 0) options.keys = &coinbase_key;
  options.key_count = options.keys != NULL;
  REQUIRE(sim_new(&p.s, &options, error, sizeof error) == BOURSE_OK);
  p.raw = sim_connect(p.s, "10.0.0.1");
  REQUIRE(p.raw != NULL);
  for (const uint8_t *at = data + 1, *end = data + size; at < end;) {
    const uint8_t *close = memchr(at, 0x1e, (size_t)(end - at));
    size_t length = (size_t)((close == NULL ? end : close) - at);
    char *text = malloc(length + 1);
    REQUIRE(text != NULL);
    memcpy(text, at, length);
    text[length] = '\0';
    if (length > 0) piece(&p, text, length);
    free(text);
    take_all(&p);
    at += length + 1;
  }
  (void)take(&p, p.raw, 0, 0);
  sim_free(p.s);
  return p.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2 || size > 20000) return 0;
  uint64_t together = play(data, size, 0);
  REQUIRE((data[0] & 0x80) == 0 || play(data, size, 1) == together);
  return 0;
}
