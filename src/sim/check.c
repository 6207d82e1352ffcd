/* sim/check.c - digests and signatures, by OpenSSL. */
#include <openssl/crypto.h>
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

int32_t sim_same_text(const char *a, const char *b) {
  size_t length = strlen(a);
  return strlen(b) == length && CRYPTO_memcmp(a, b, length) == 0;
}
