/* sign/backend.h - what a library of cryptography does for this one: RSA, ECDSA on P-256, AES-256-GCM, SHA-1. One of two is
 * compiled in: backend_mbedtls.c (the default), or backend_openssl.c with `make CRYPTO=openssl`, whose P-256 is some forty
 * times as fast. Both give the same bytes. HMAC, Ed25519, the other hashes and guarded memory are libsodium's with either. */
#ifndef SIGN_BACKEND_H
#define SIGN_BACKEND_H

#include <bourse/base.h>

/* "mbedTLS", "OpenSSL". */
extern const char bourse__backend_name[];

#define BOURSE__RSA_BITS_MIN 2048
#define BOURSE__RSA_BITS_MAX 4096

/* Reads a PKCS#1 private key and checks that its numbers belong together. *bits is set when the key could be read, also
 * when its size is outside the limits above. BOURSE_ERROR_CREDENTIALS, BOURSE_ERROR_MEMORY. */
int32_t bourse__rsa_check(uint32_t *bits, const uint8_t *der, size_t length);

/* PKCS#1 v1.5 with SHA-256; `out` holds as many bytes as the key's modulus.
 * BOURSE_ERROR_CRYPTO, BOURSE_ERROR_MEMORY. */
int32_t bourse__rsa_sign(uint8_t *out, const uint8_t *der, size_t der_length, const void *message, size_t length);

/* P-256 as the backend keeps it: nothing secret. It is made once as that takes long. */
typedef struct bourse__curve bourse__curve;

/* Makes *curve, which the caller frees in any case, and checks that the secret is in range and, if a public key is given
 * (length > 0; compressed or not), that it belongs to it. BOURSE_ERROR_CREDENTIALS, BOURSE_ERROR_MEMORY. */
int32_t bourse__ecdsa_check(bourse__curve **curve, const uint8_t secret[32], const uint8_t *public_key,
                            size_t public_length);

/* r || s over SHA-256 of the message, deterministic (RFC 6979). BOURSE_ERROR_CRYPTO, BOURSE_ERROR_MEMORY. */
int32_t bourse__ecdsa_sign(uint8_t out[64], bourse__curve *curve, const uint8_t secret[32], const void *message,
                           size_t length);

/* NULL is fine. */
void bourse__curve_free(bourse__curve *curve);

#define BOURSE__GCM_KEY_SIZE   32
#define BOURSE__GCM_NONCE_SIZE 12
#define BOURSE__GCM_TAG_SIZE   16

/* One message of AES-256-GCM: what is encrypted, and what is only bound to it. */
typedef struct bourse__gcm {
  const uint8_t *key;
  const uint8_t *nonce;
  const uint8_t *associated;
  size_t associated_length;
} bourse__gcm;

/* Writes `length` bytes to `out`, and the tag. BOURSE_ERROR_CRYPTO, BOURSE_ERROR_MEMORY. */
int32_t bourse__gcm_encrypt(uint8_t *out, uint8_t *tag, const bourse__gcm *gcm, const uint8_t *plain, size_t length);

/* The other way round; what is in `out` counts only with BOURSE_OK. BOURSE_ERROR_CRYPTO also when the tag is another. */
int32_t bourse__gcm_decrypt(uint8_t *out, const uint8_t *tag, const bourse__gcm *gcm, const uint8_t *sealed,
                            size_t length);

/* For the WebSocket handshake alone, where nothing hangs on it. BOURSE_ERROR_CRYPTO. */
int32_t bourse__sha1(uint8_t out[20], const void *data, size_t length);

#endif
