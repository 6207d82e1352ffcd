/* sign/key.h - from the text of a secret to a checked key in guarded memory. */
#ifndef SIGN_KEY_H
#define SIGN_KEY_H

#include <sodium.h>

#include "sign/backend.h"
#include "sign/secret.h"

/* Where a sentence on what is wrong goes. It never holds a part of the secret. */
typedef struct bourse__key_error {
  char *text; /* NULL: not wanted */
  size_t size;
} bourse__key_error;

/* The keyed inner and outer hash, so that the key's own two blocks are not hashed again for each signature. */
typedef struct bourse__hmac_key {
  crypto_auth_hmacsha256_state sha256;
  crypto_auth_hmacsha512_state sha512;
} bourse__hmac_key;

typedef struct bourse__key {
  int32_t kind;            /* BOURSE_KEY_* */
  bourse__secret material; /* HMAC: bourse__hmac_key; Ed25519: seed and public key; ECDSA: 32 bytes; RSA: PKCS#1 DER */
  uint32_t signature_size; /* RSA: bytes of the modulus */
  bourse__curve *curve;    /* ECDSA */
} bourse__key;

/* Reads a secret (BOURSE__SECRET_* of sign/signer.h); on success the material is closed. On failure *key is empty.
 * BOURSE_ERROR_CREDENTIALS, BOURSE_ERROR_MEMORY, BOURSE_ERROR_CRYPTO, BOURSE_ERROR_ARGUMENT. */
int32_t bourse__key_read(bourse__key *key, const char *secret, size_t length, int32_t encoding,
                         const bourse__key_error *error);

/* Wipes. An empty (all zero) key is fine. */
void bourse__key_free(bourse__key *key);

/* Writes a sentence and returns `code`. */
int32_t bourse__key_refuse(const bourse__key_error *error, int32_t code, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

/* Forms of a DER private key. */
#define BOURSE__DER_PKCS8 1
#define BOURSE__DER_SEC1  2
#define BOURSE__DER_PKCS1 3

/* Reads an unencrypted private key in DER: sign/der.c. The caller frees *key in any case. */
int32_t bourse__key_read_der(bourse__key *key, const uint8_t *der, size_t length, int32_t form,
                             const bourse__key_error *error);

/* Sets an Ed25519 key from its seed and, unless it is NULL, its public key, which must belong to it: sign/key.c. */
int32_t bourse__key_set_ed25519(bourse__key *key, const uint8_t seed[32], const uint8_t *public_key,
                                const bourse__key_error *error);

/* Finds the private key in PEM text and decodes it into guarded memory, left open; *form is its BOURSE__DER_*.
 * On failure *der is empty: sign/pem.c. */
int32_t bourse__pem_read(bourse__secret *der, size_t *der_length, int32_t *form, const char *text, size_t length,
                         const bourse__key_error *error);

#endif
