/* sim/check.c - digests and signatures, by OpenSSL. */
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"

static int32_t hmac(uint8_t out[EVP_MAX_MD_SIZE], unsigned *length, int32_t bits, const void *secret,
                    size_t secret_length, const void *bytes, size_t size) {
  const EVP_MD *digest = bits == 256 ? EVP_sha256() : bits == 384 ? EVP_sha384() : bits == 512 ? EVP_sha512() : NULL;
  static const char none[1] = "";
  if (digest == NULL || secret_length > INT32_MAX) return 0;
  return HMAC(digest, secret_length == 0 ? none : secret, (int)secret_length, bytes, size, out, length) != NULL;
}

int32_t sim_hmac_hex(char out[129], int32_t bits, const void *secret, size_t secret_length, const void *bytes,
                     size_t length) {
  uint8_t digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (!hmac(digest, &size, bits, secret, secret_length, bytes, length)) return 0;
  for (unsigned i = 0; i < size; i++) (void)snprintf(out + 2 * i, 3, "%02x", digest[i]);
  return 1;
}

int32_t sim_hmac_base64(char out[129], int32_t bits, const void *secret, size_t secret_length, const void *bytes,
                        size_t length) {
  uint8_t digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (!hmac(digest, &size, bits, secret, secret_length, bytes, length)) return 0;
  return EVP_EncodeBlock((uint8_t *)out, digest, (int)size) > 0;
}

int32_t sim_sha256(uint8_t out[32], const void *bytes, size_t length) {
  unsigned size = 0;
  return EVP_Digest(bytes, length, out, &size, EVP_sha256(), NULL) == 1;
}

int64_t sim_base64_decode(uint8_t *out, const char *text) {
  size_t length = strlen(text), padding = 0;
  if (length == 0 || length % 4 != 0 || length > INT32_MAX) return -1;
  while (padding < 2 && text[length - 1 - padding] == '=') padding++;
  for (size_t i = 0; i < length - padding; i++) /* OpenSSL lets spaces pass */
    if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", text[i]) == NULL) return -1;
  int size = EVP_DecodeBlock(out, (const uint8_t *)text, (int)length);
  return size < 0 ? -1 : (int64_t)size - (int64_t)padding;
}

int32_t sim_verify_pem(const char *pem, const void *bytes, size_t length, const char *signature_base64) {
  int32_t good = 0;
  uint8_t *signature = sim_alloc(strlen(signature_base64) + 4);
  int64_t size = sim_base64_decode(signature, signature_base64);
  BIO *bio = BIO_new_mem_buf(pem, -1);
  EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (size > 0 && key != NULL && context != NULL) {
    int32_t is_rsa = EVP_PKEY_base_id(key) == EVP_PKEY_RSA;
    good = EVP_DigestVerifyInit(context, NULL, is_rsa ? EVP_sha256() : NULL, NULL, key) == 1 &&
           EVP_DigestVerify(context, signature, (size_t)size, bytes, length) == 1;
  }
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  BIO_free(bio);
  free(signature);
  return good;
}

/* --- Keys of tokens --- */

int64_t sim_base64url_decode(uint8_t *out, const char *text, size_t length) {
  char *plain = sim_alloc(length + 4);
  size_t at = 0;
  for (; at < length; at++) plain[at] = text[at] == '-' ? '+' : text[at] == '_' ? '/' : text[at];
  while (at % 4 != 0) plain[at++] = '=';
  int64_t size = memchr(text, '+', length) != NULL || memchr(text, '/', length) != NULL || length % 4 == 1
                     ? -1
                     : sim_base64_decode(out, plain);
  free(plain);
  return size;
}

/* "\n" for each line end that was written out; the caller's to free. */
static char *unescaped(const char *text) {
  char *out = sim_copy(text, strlen(text)), *to = out;
  for (const char *at = text; *at != '\0'; at++, to++) {
    *to = *at;
    if (at[0] != '\\' || at[1] != 'n') continue;
    *to = '\n';
    at++;
  }
  *to = '\0';
  return out;
}

static EVP_PKEY *key_of_pem(const char *secret) {
  char *pem = unescaped(secret);
  BIO *bio = BIO_new_mem_buf(pem, -1);
  EVP_PKEY *key = NULL;
  if (bio != NULL)
    key = strstr(pem, "PUBLIC KEY") != NULL ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL)
                                            : PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
  BIO_free(bio);
  free(pem);
  return key;
}

static EVP_PKEY *read_key(const char *secret) {
  uint8_t bytes[256];
  if (strstr(secret, "-----BEGIN") != NULL) return key_of_pem(secret);
  int64_t size = strlen(secret) < sizeof bytes ? sim_base64_decode(bytes, secret) : -1;
  if (size != 32 && size != 64) return NULL;
  return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, bytes, 32);
}

/* Reading a key takes longer than checking a signature with it: a few are kept, each with the text it was read from. Accounts
 * are few, and live as long as the process does. */
enum { KEYS_KEPT = 4 };
static struct {
  char *secret;
  EVP_PKEY *key;
} kept[KEYS_KEPT];
static unsigned keep_next;

static EVP_PKEY *key_of(const char *secret) {
  for (int i = 0; i < KEYS_KEPT; i++)
    if (kept[i].secret != NULL && strcmp(kept[i].secret, secret) == 0) return kept[i].key;
  EVP_PKEY *key = read_key(secret);
  if (key == NULL) return NULL;
  unsigned at = keep_next++ % KEYS_KEPT;
  free(kept[at].secret);
  EVP_PKEY_free(kept[at].key);
  kept[at].secret = sim_copy(secret, strlen(secret));
  kept[at].key = key;
  return key;
}

const char *sim_token_algorithm(const char *secret) {
  EVP_PKEY *key = key_of(secret);
  int kind = key == NULL ? 0 : EVP_PKEY_base_id(key);
  return kind == EVP_PKEY_EC ? "ES256" : kind == EVP_PKEY_ED25519 ? "EdDSA" : NULL;
}

/* r and s as the DER that OpenSSL wants; its length. */
static int der_of(uint8_t **out, const uint8_t signature[64]) {
  ECDSA_SIG *both = ECDSA_SIG_new();
  BIGNUM *r = BN_bin2bn(signature, 32, NULL), *s = BN_bin2bn(signature + 32, 32, NULL);
  int length = -1;
  if (both != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(both, r, s) == 1)
    length = i2d_ECDSA_SIG(both, out);
  else
    abort();
  ECDSA_SIG_free(both);
  return length;
}

int32_t sim_verify_token(const char *secret, const void *bytes, size_t length, const uint8_t signature[64]) {
  EVP_PKEY *key = key_of(secret);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int32_t good = 0, is_ec = key != NULL && EVP_PKEY_base_id(key) == EVP_PKEY_EC;
  if (key != NULL && context != NULL) {
    uint8_t *der = NULL;
    int size = is_ec ? der_of(&der, signature) : 64;
    good = size > 0 && EVP_DigestVerifyInit(context, NULL, is_ec ? EVP_sha256() : NULL, NULL, key) == 1 &&
           EVP_DigestVerify(context, is_ec ? der : signature, (size_t)size, bytes, length) == 1;
    OPENSSL_free(der);
  }
  EVP_MD_CTX_free(context);
  return good;
}

int32_t sim_same_text(const char *a, const char *b) {
  size_t length = strlen(a);
  return strlen(b) == length && CRYPTO_memcmp(a, b, length) == 0;
}
