/* signature.c - signatures made again with OpenSSL, over the bytes that were sent. */
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "oracle/oracle.h"

typedef struct bytes {
  unsigned char *data;
  size_t length;
} bytes;

/* --- Encodings --- */

static int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

static bytes from_base64(pool *p, const char *text, size_t length) {
  bytes out = {pool_alloc(p, length + 1), 0};
  unsigned bits = 0;
  int held = 0;
  for (size_t i = 0; i < length && text[i] != '='; i++) {
    int digit = base64_digit(text[i]);
    if (digit < 0) continue;
    bits = bits << 6 | (unsigned)digit;
    held += 6;
    if (held >= 8) out.data[out.length++] = (unsigned char)(bits >> (held -= 8) & 0xff);
  }
  return out;
}

static const char *to_base64(pool *p, bytes in) {
  char *out = pool_alloc(p, in.length * 2 + 8);
  EVP_EncodeBlock((unsigned char *)out, in.data, (int)in.length);
  return out;
}

static const char *to_hex(pool *p, bytes in) {
  char *out = pool_alloc(p, in.length * 2 + 1);
  for (size_t i = 0; i < in.length; i++) sprintf(out + i * 2, "%02x", in.data[i]);
  return out;
}

/* --- Primitives --- */

static bytes hmac(pool *p, const EVP_MD *digest, bytes key, const void *message, size_t length) {
  bytes out = {pool_alloc(p, EVP_MAX_MD_SIZE), 0};
  unsigned made = 0;
  HMAC(digest, key.data, (int)key.length, message, length, out.data, &made);
  out.length = made;
  return out;
}

static bytes bytes_of(pool *p, const char *text) {
  return (bytes){(unsigned char *)pool_string(p, text), strlen(text)};
}

/* Whether `signature` is one of that public key over the message. digest NULL: the key's own way (Ed25519). */
static int verify(const char *public_key, const EVP_MD *digest, const char *message, bytes signature) {
  BIO *bio = BIO_new_mem_buf(public_key, -1);
  EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int fine =
      key != NULL && EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1 &&
      EVP_DigestVerify(context, signature.data, signature.length, (const unsigned char *)message, strlen(message)) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  BIO_free(bio);
  return fine;
}

/* r and s, 32 bytes each, as the DER that OpenSSL wants. */
static bytes der_of(pool *p, bytes raw) {
  bytes out = {pool_alloc(p, 80), 0};
  if (raw.length != 64) return out;
  ECDSA_SIG *signature = ECDSA_SIG_new();
  ECDSA_SIG_set0(signature, BN_bin2bn(raw.data, 32, NULL), BN_bin2bn(raw.data + 32, 32, NULL));
  unsigned char *at = out.data;
  int length = i2d_ECDSA_SIG(signature, &at);
  out.length = length > 0 ? (size_t)length : 0;
  ECDSA_SIG_free(signature);
  return out;
}

/* --- What is signed, by exchange (the table in the oracle's README) --- */

/* Query or form text without its signature; *last says whether that was the last parameter. */
static char *without_signature(pool *p, const char *raw, int *last) {
  buffer out = {0};
  *last = 1;
  buffer_string(&out, "");
  while (*raw != '\0') {
    size_t pair = strcspn(raw, "&");
    if (strncmp(raw, "signature=", 10) != 0) {
      if (out.length > 0) buffer_string(&out, "&");
      buffer_add(&out, raw, pair);
      *last = 0;
    } else {
      *last = 1;
    }
    raw += pair + (raw[pair] == '&');
  }
  char *text = pool_copy(p, out.data, out.length);
  buffer_free(&out);
  return text;
}

const char *signed_part(pool *p, const oracle_message *message) {
  int last;
  const char *query = without_signature(p, message->query, &last);
  return pool_format(p, "%s\n%s", query, without_signature(p, message->body, &last));
}

static const char *path_and_query(pool *p, const oracle_message *m) {
  return *m->query == '\0' ? m->path : pool_format(p, "%s?%s", m->path, m->query);
}

static const char *header_or_empty(const oracle_message *m, const char *name) {
  const char *value = message_header(m, name);
  return value == NULL ? "" : value;
}

static const char *check_binance(pool *p, const json *credentials, const char *at, const oracle_message *m,
                                 const char **value) {
  int query_last, body_last;
  const char *query = without_signature(p, m->query, &query_last), *body = without_signature(p, m->body, &body_last);
  const char *message = pool_format(p, "%s%s", query, body);
  int in_body = strncmp(at, "body.", 5) == 0;
  *value = raw_param(p, in_body ? m->body : m->query, "signature");
  if (*value == NULL) *value = raw_param(p, in_body ? m->query : m->body, "signature");
  if (*value == NULL) return "there is no signature";
  if (strchr(message, '+') != NULL || strchr(message, ' ') != NULL) return "signed text is not percent-encoded";
  if (!(in_body ? body_last : query_last)) return "the signature is not the last parameter";
  const char *kind = json_text_of(credentials, "kind"), *public_key = json_text_of(credentials, "publicKey");
  bytes signature = from_base64(p, *value, strlen(*value));
  if (strcmp(kind, "ed25519") == 0)
    return verify(public_key, NULL, message, signature) ? NULL : "the Ed25519 signature is wrong";
  if (strcmp(kind, "rsa") == 0)
    return verify(public_key, EVP_sha256(), message, signature) ? NULL : "the RSA signature is wrong";
  bytes mac = hmac(p, EVP_sha256(), bytes_of(p, json_text_of(credentials, "secret")), message, strlen(message));
  return strcasecmp(to_hex(p, mac), *value) == 0 ? NULL : "the HMAC is wrong";
}

static const char *check_bybit(pool *p, const json *credentials, const oracle_message *m, const char **value) {
  const char *message =
      pool_format(p, "%s%s%s%s", header_or_empty(m, "X-BAPI-TIMESTAMP"), json_text_of(credentials, "apiKey"),
                  header_or_empty(m, "X-BAPI-RECV-WINDOW"), *m->body != '\0' ? m->body : m->query);
  *value = message_header(m, "X-BAPI-SIGN");
  if (*value == NULL) return "there is no signature";
  if (strcmp(json_text_of(credentials, "kind"), "rsa") == 0)
    return verify(json_text_of(credentials, "publicKey"), EVP_sha256(), message, from_base64(p, *value, strlen(*value)))
               ? NULL
               : "the RSA signature is wrong";
  bytes mac = hmac(p, EVP_sha256(), bytes_of(p, json_text_of(credentials, "secret")), message, strlen(message));
  return strcasecmp(to_hex(p, mac), *value) == 0 ? NULL : "the HMAC is wrong";
}

static const char *check_base64_mac(pool *p, const EVP_MD *digest, bytes key, bytes message, const char *value) {
  if (value == NULL) return "there is no signature";
  return strcmp(to_base64(p, hmac(p, digest, key, message.data, message.length)), value) == 0 ? NULL
                                                                                              : "the HMAC is wrong";
}

/* Kraken signs a path and a hash; Kraken futures a hash only. */
static const char *check_kraken(pool *p, const json *credentials, const char *before, const char *hashed,
                                const char *value) {
  const char *secret = json_text_of(credentials, "secret");
  size_t length = strlen(before);
  bytes message = {pool_alloc(p, length + SHA256_DIGEST_LENGTH), length + SHA256_DIGEST_LENGTH};
  memcpy(message.data, before, length);
  SHA256((const unsigned char *)hashed, strlen(hashed), message.data + length);
  return check_base64_mac(p, EVP_sha512(), from_base64(p, secret, strlen(secret)), message, value);
}

static const char *kraken_nonce(pool *p, const oracle_message *m) {
  json *body = *m->body == '{' ? json_parse(p, m->body, strlen(m->body), NULL) : NULL;
  const char *nonce = body != NULL ? json_text_of(body, "nonce") : raw_param(p, m->body, "nonce");
  return nonce == NULL ? "" : nonce;
}

static const char *check_prehash(pool *p, const json *credentials, const char *prefix, const oracle_message *m,
                                 const char *value) {
  const char *message = pool_format(p, "%s%s%s%s", prefix, m->method, path_and_query(p, m), m->body);
  return check_base64_mac(p, EVP_sha256(), bytes_of(p, json_text_of(credentials, "secret")), bytes_of(p, message),
                          value);
}

static const char *check_kucoin(pool *p, const json *credentials, const oracle_message *m, const char **value) {
  bytes secret = bytes_of(p, json_text_of(credentials, "secret"));
  const char *wrong = check_base64_mac(p, EVP_sha256(), secret, bytes_of(p, json_text_of(credentials, "password")),
                                       message_header(m, "KC-API-PASSPHRASE"));
  *value = message_header(m, "KC-API-SIGN");
  return wrong != NULL ? "the passphrase is signed wrong"
                       : check_prehash(p, credentials, header_or_empty(m, "KC-API-TIMESTAMP"), m, *value);
}

/* --- Tokens --- */

static const char *token_of(const oracle_message *m) {
  const char *header = message_header(m, "Authorization");
  return header != NULL && strncmp(header, "Bearer ", 7) == 0 ? header + 7 : NULL;
}

static const char *check_jwt(pool *p, const json *credentials, const oracle_message *m, const char **value) {
  const char *token = token_of(m);
  *value = message_header(m, "Authorization");
  if (token == NULL || strchr(token, '.') == NULL) return "there is no token";
  const char *dot = strrchr(token, '.');
  bytes signature = from_base64(p, dot + 1, strlen(dot + 1));
  const char *message = pool_copy(p, token, (size_t)(dot - token)), *key = json_text_of(credentials, "publicKey");
  int is_ecdsa = strcmp(json_text_of(credentials, "kind"), "jwt-es256") == 0;
  return (is_ecdsa ? verify(key, EVP_sha256(), message, der_of(p, signature)) : verify(key, NULL, message, signature))
             ? NULL
             : "the token's signature is wrong";
}

static json *claims_of(pool *p, const char *part, size_t length) {
  bytes text = from_base64(p, part, length);
  return json_parse(p, (const char *)text.data, text.length, NULL);
}

json *jwt_claims(pool *p, const oracle_message *message) {
  const char *token = token_of(message);
  const char *dot = token == NULL ? NULL : strchr(token, '.');
  const char *second = dot == NULL ? NULL : strchr(dot + 1, '.');
  if (second == NULL) return NULL;
  json *both = pool_alloc(p, sizeof *both);
  both->kind = JSON_OBJECT;
  both->first = claims_of(p, token, (size_t)(dot - token));
  if (both->first == NULL) return NULL;
  both->first->key = "header";
  both->first->next = claims_of(p, dot + 1, (size_t)(second - dot - 1));
  if (both->first->next != NULL) both->first->next->key = "payload";
  return both;
}

const char *check_signature(pool *p, const oracle_exchange *exchange, const json *credentials, const json *signature,
                            const oracle_message *m, const char **value) {
  const char *at = json_text_of(signature, "at"), *id = exchange->id;
  if (strncmp(id, "binance", 7) == 0) return check_binance(p, credentials, at, m, value);
  if (strcmp(id, "bybit") == 0) return check_bybit(p, credentials, m, value);
  if (strcmp(id, "coinbase") == 0) return check_jwt(p, credentials, m, value);
  if (strcmp(id, "kraken") == 0) {
    *value = message_header(m, "API-Sign");
    return check_kraken(p, credentials, m->path, pool_format(p, "%s%s", kraken_nonce(p, m), m->body), *value);
  }
  if (strcmp(id, "krakenfutures") == 0) {
    const char *path = strncmp(m->path, "/derivatives", 12) == 0 ? m->path + 12 : m->path;
    *value = message_header(m, "Authent");
    return check_kraken(p, credentials, "", pool_format(p, "%s%s%s", m->query, m->body, path), *value);
  }
  if (strncmp(id, "kucoin", 6) == 0) return check_kucoin(p, credentials, m, value);
  if (strcmp(id, "okx") == 0) {
    *value = message_header(m, "OK-ACCESS-SIGN");
    return check_prehash(p, credentials, header_or_empty(m, "OK-ACCESS-TIMESTAMP"), m, *value);
  }
  return "no way of signing is known for this exchange";
}
