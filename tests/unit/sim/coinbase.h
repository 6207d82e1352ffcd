/* Requests and messages as clients of Coinbase send them, to a simulated one in the same process; tokens are signed with
 * OpenSSL. */
#ifndef TESTS_SIM_COINBASE_H
#define TESTS_SIM_COINBASE_H

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "kraken.h"

#define COINBASE_ED_SEED "0123456789abcdef0123456789abcdef"
#define COINBASE_ED_KEY  "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" /* the same in base64 */
#define COINBASE_EC_KEY                                                                                        \
  "-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEEIBqycrgjjBFoeoy0/GX8BnZWpkVskBO2nTVvQzp0+EbKoAoGCCqGSM49\\n"       \
  "AwEHoUQDQgAExiXprHgrOdfqvuUscyMDsg/3L8resv6L+yQB+IRErSXRJvmfD0EL\\nxoDj3+3jRLST7vSUl0nT1Xc5P+w/HmWXzg==\\n" \
  "-----END EC PRIVATE KEY-----\\n"

static const sim_key coinbase_keys[] = {{"main", "ed", COINBASE_ED_KEY, NULL, 0, 1},
                                        {"main", "ec", COINBASE_EC_KEY, NULL, 0, 1},
                                        {"main", "reader", COINBASE_ED_KEY, NULL, 1, 0},
                                        {"other", "other", COINBASE_ED_KEY, NULL, 0, 1}};

/* What a token says; each test changes what it is about. */
typedef struct token_terms {
  const char *key, *subject, *issuer, *uri;
  int64_t nbf, exp;
} token_terms;

static inline void coinbase_open(client *c, const char *faults, int32_t still) {
  sim_options options;
  char text[600];
  memset(c, 0, sizeof *c);
  memset(&options, 0, sizeof options);
  options.exchange = "coinbase";
  options.seed = 7;
  options.now_ns = CLIENT_START;
  options.faults = faults;
  options.keys = coinbase_keys;
  options.key_count = 4;
  options.still = still;
  if (sim_new(&c->s, &options, text, sizeof text) != BOURSE_OK) {
    printf("%s\n", text);
    abort();
  }
  c->connection = sim_connect(c->s, "10.0.0.1");
}

static inline size_t url_base64(char *out, const void *bytes, size_t length) {
  size_t size = (size_t)EVP_EncodeBlock((uint8_t *)out, bytes, (int)length);
  for (size_t i = 0; i < size; i++) out[i] = out[i] == '+' ? '-' : out[i] == '/' ? '_' : out[i];
  while (size > 0 && out[size - 1] == '=') size--;
  out[size] = '\0';
  return size;
}

static inline EVP_PKEY *coinbase_private_key(const char *key) {
  if (strcmp(key, "ec") != 0)
    return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, (const uint8_t *)COINBASE_ED_SEED, 32);
  char pem[512], *to = pem;
  for (const char *at = COINBASE_EC_KEY; *at != '\0'; at++)
    if (at[0] == '\\') {
      *to++ = '\n';
      at++;
    } else {
      *to++ = *at;
    }
  *to = '\0';
  BIO *bio = BIO_new_mem_buf(pem, -1);
  EVP_PKEY *out = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
  BIO_free(bio);
  return out;
}

/* 64 bytes; of ES256 r and s, each with its zeros in front. */
static inline void coinbase_sign(uint8_t out[64], const char *key, const char *text) {
  EVP_PKEY *pkey = coinbase_private_key(key);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  uint8_t der[128];
  const uint8_t *at = der;
  size_t length = sizeof der;
  int32_t ec = EVP_PKEY_base_id(pkey) == EVP_PKEY_EC;
  if (EVP_DigestSignInit(context, NULL, ec ? EVP_sha256() : NULL, NULL, pkey) != 1 ||
      EVP_DigestSign(context, der, &length, (const uint8_t *)text, strlen(text)) != 1)
    abort();
  if (ec) {
    ECDSA_SIG *both = d2i_ECDSA_SIG(NULL, &at, (long)length);
    BN_bn2binpad(ECDSA_SIG_get0_r(both), out, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(both), out + 32, 32);
    ECDSA_SIG_free(both);
  } else {
    memcpy(out, der, 64);
  }
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(pkey);
}

static inline void coinbase_token(char out[2048], const token_terms *terms) {
  char header[256], claims[900], uri[600] = "";
  uint8_t signature[64];
  (void)snprintf(header, sizeof header, "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\",\"nonce\":\"0011\"}",
                 strcmp(terms->key, "ec") == 0 ? "ES256" : "EdDSA", terms->key);
  if (terms->uri != NULL) (void)snprintf(uri, sizeof uri, ",\"uri\":\"%s\"", terms->uri);
  (void)snprintf(claims, sizeof claims, "{\"sub\":\"%s\",\"iss\":\"%s\",\"nbf\":%lld,\"exp\":%lld%s}", terms->subject,
                 terms->issuer, (long long)terms->nbf, (long long)terms->exp, uri);
  size_t length = url_base64(out, header, strlen(header));
  out[length++] = '.';
  length += url_base64(out + length, claims, strlen(claims));
  out[length] = '\0';
  coinbase_sign(signature, terms->key, out);
  out[length++] = '.';
  (void)url_base64(out + length, signature, sizeof signature);
}

static inline token_terms coinbase_terms(const client *c, const char *key, const char *uri) {
  int64_t now = sim_clock_ns(c->s) / 1000000000;
  return (token_terms){key, key, "cdp", uri, now, now + 120};
}

/* A request with a token that is given. */
static inline const char *coinbase_with(client *c, const char *token, const char *method, const char *target,
                                        const char *body) {
  char text[8192];
  (void)snprintf(text, sizeof text,
                 "%s %s HTTP/1.1\r\nHost: api.coinbase.com\r\nAuthorization: Bearer %s\r\n"
                 "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                 method, target, token, strlen(body), body);
  client_send(c, text);
  return c->body;
}

static const char *coinbase_key = "ed";

static inline const char *coinbase_full(client *c, const char *method, const char *target, const char *body) {
  char token[2048], uri[512];
  (void)snprintf(uri, sizeof uri, "%s api.coinbase.com%.*s", method, (int)strcspn(target, "?"), target);
  token_terms terms = coinbase_terms(c, coinbase_key, uri);
  coinbase_token(token, &terms);
  return coinbase_with(c, token, method, target, body);
}

/* Under /api/v3/brokerage. */
static inline const char *coinbase_get(client *c, const char *target) {
  char path[512];
  (void)snprintf(path, sizeof path, "/api/v3/brokerage%s", target);
  return coinbase_full(c, "GET", path, "");
}

static inline const char *coinbase_post(client *c, const char *target, const char *body) {
  char path[512];
  (void)snprintf(path, sizeof path, "/api/v3/brokerage%s", target);
  return coinbase_full(c, "POST", path, body);
}

/* An order of BTC-USD; the id is the client's. */
static inline const char *coinbase_place(client *c, const char *id, const char *side, const char *configuration) {
  char body[1024];
  (void)snprintf(body, sizeof body,
                 "{\"client_order_id\":\"%s\",\"product_id\":\"BTC-USD\",\"side\":\"%s\",\"order_configuration\":{%s}}",
                 id, side, configuration);
  return coinbase_post(c, "/orders", body);
}

#endif
