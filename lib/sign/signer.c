/* sign/signer.c - signers: a key in guarded memory, or the host's own signing. */
#include "sign/signer.h"

#include <sodium.h>
#include <string.h>

#include <bourse/error.h>

#include "core/arena.h"
#include "sign/backend.h"
#include "sign/key.h"

struct bourse_signer {
  bourse_allocator allocator;
  int32_t kind;                  /* BOURSE_KEY_* */
  bourse_sign_function function; /* NULL: key holds the key */
  void *user_data;
  bourse__key key;
  bourse__secret passphrase; /* NUL-terminated */
};

static bourse_signer *new_signer(const bourse_allocator *allocator) {
  if (allocator == NULL) allocator = &bourse__default_allocator;
  bourse_signer *signer = bourse__alloc(allocator, sizeof *signer);
  if (signer != NULL) signer->allocator = *allocator;
  return signer;
}

int32_t bourse__signer_new(bourse_signer **out, const bourse_allocator *allocator, const char *secret, size_t length,
                           int32_t encoding, char *error_text, size_t error_text_size) {
  bourse__key_error error = {error_text, error_text_size};
  if (out == NULL) return bourse__key_refuse(&error, BOURSE_ERROR_ARGUMENT, "no place for the signer");
  *out = NULL;
  bourse_signer *signer = new_signer(allocator);
  if (signer == NULL) return bourse__key_refuse(&error, BOURSE_ERROR_MEMORY, "no memory for the key");
  int32_t result = bourse__key_read(&signer->key, secret, length, encoding, &error);
  if (result != BOURSE_OK) {
    bourse__signer_free(signer);
    return result;
  }
  signer->kind = signer->key.kind;
  *out = signer;
  return BOURSE_OK;
}

int32_t bourse__signer_new_host(bourse_signer **out, const bourse_allocator *allocator, int32_t kind,
                                bourse_sign_function function, void *user_data) {
  if (out == NULL) return BOURSE_ERROR_ARGUMENT;
  *out = NULL;
  if (function == NULL || kind < BOURSE_KEY_HMAC || kind > BOURSE_KEY_ECDSA_P256) return BOURSE_ERROR_ARGUMENT;
  bourse_signer *signer = new_signer(allocator);
  if (signer == NULL) return BOURSE_ERROR_MEMORY;
  signer->kind = kind;
  signer->function = function;
  signer->user_data = user_data;
  *out = signer;
  return BOURSE_OK;
}

int32_t bourse__signer_add_passphrase(bourse_signer *signer, const char *passphrase, size_t length) {
  bourse__secret copy;
  if (signer == NULL || passphrase == NULL) return BOURSE_ERROR_ARGUMENT;
  if (length == 0 || length >= BOURSE_PASSPHRASE_SIZE_MAX) return BOURSE_ERROR_CREDENTIALS;
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)passphrase[i] < 0x20 || passphrase[i] == 0x7F) return BOURSE_ERROR_CREDENTIALS;
  int32_t result = bourse__secret_new(&copy, length + 1); /* zeroed, so it ends with a NUL */
  if (result != BOURSE_OK) return result;
  memcpy(copy.data, passphrase, length);
  result = bourse__secret_close(&copy);
  if (result != BOURSE_OK) {
    bourse__secret_free(&copy);
    return result;
  }
  bourse__secret_free(&signer->passphrase);
  signer->passphrase = copy;
  return BOURSE_OK;
}

void bourse__signer_free(bourse_signer *signer) {
  if (signer == NULL) return;
  bourse__key_free(&signer->key);
  bourse__secret_free(&signer->passphrase);
  bourse_allocator allocator = signer->allocator;
  bourse__release(&allocator, signer);
}

int32_t bourse_signer_kind(const bourse_signer *signer) { return signer == NULL ? 0 : signer->kind; }

int32_t bourse_signer_passphrase(bourse_signer *signer, char *out, size_t out_size) {
  if (out == NULL || out_size == 0) return BOURSE_ERROR_ARGUMENT;
  out[0] = '\0';
  if (signer == NULL) return BOURSE_ERROR_ARGUMENT;
  if (signer->passphrase.data == NULL) return BOURSE_ERROR_CREDENTIALS;
  if (out_size < signer->passphrase.size) return BOURSE_ERROR_ARGUMENT;
  int32_t result = bourse__secret_open(&signer->passphrase);
  if (result != BOURSE_OK) return result;
  memcpy(out, signer->passphrase.data, signer->passphrase.size);
  result = bourse__secret_close(&signer->passphrase);
  if (result != BOURSE_OK) sodium_memzero(out, out_size);
  return result;
}

/* Bytes of a signature; 0 for an algorithm that this kind of key does not do. Of a host's RSA key the most is told. */
static size_t signature_size(const bourse_signer *signer, int32_t algorithm) {
  switch (algorithm) {
    case BOURSE_SIGN_HMAC_SHA256: return signer->kind == BOURSE_KEY_HMAC ? 32 : 0;
    case BOURSE_SIGN_HMAC_SHA512: return signer->kind == BOURSE_KEY_HMAC ? 64 : 0;
    case BOURSE_SIGN_ED25519: return signer->kind == BOURSE_KEY_ED25519 ? 64 : 0;
    case BOURSE_SIGN_ECDSA_P256: return signer->kind == BOURSE_KEY_ECDSA_P256 ? 64 : 0;
    case BOURSE_SIGN_RSA_SHA256:
      if (signer->kind != BOURSE_KEY_RSA) return 0;
      return signer->function != NULL ? BOURSE_SIGNATURE_SIZE_MAX : signer->key.signature_size;
    default: return 0;
  }
}

static int32_t sign_by_host(bourse_signer *signer, int32_t algorithm, const void *message, size_t length, uint8_t *out,
                            size_t out_size, size_t *out_length, size_t size) {
  size_t written = 0;
  if (algorithm != BOURSE_SIGN_RSA_SHA256 && out_size < size) return BOURSE_ERROR_CRYPTO;
  int32_t result = signer->function(signer->user_data, algorithm, message, length, out, out_size, &written);
  int whole = algorithm == BOURSE_SIGN_RSA_SHA256 ? written >= 256 && written <= size : written == size;
  if (result != BOURSE_OK || !whole || written > out_size) return BOURSE_ERROR_CRYPTO;
  *out_length = written;
  return BOURSE_OK;
}

/* The states are copied, as hashing changes them; the key's own blocks are in them already. */
static void sign_hmac256(uint8_t *out, const bourse__hmac_key *key, const void *message, size_t length) {
  crypto_auth_hmacsha256_state state = key->sha256;
  crypto_auth_hmacsha256_update(&state, message, length);
  crypto_auth_hmacsha256_final(&state, out);
  sodium_memzero(&state, sizeof state);
}

static void sign_hmac512(uint8_t *out, const bourse__hmac_key *key, const void *message, size_t length) {
  crypto_auth_hmacsha512_state state = key->sha512;
  crypto_auth_hmacsha512_update(&state, message, length);
  crypto_auth_hmacsha512_final(&state, out);
  sodium_memzero(&state, sizeof state);
}

/* With the key open. `out` has room. */
static int32_t sign_by_key(bourse__key *key, int32_t algorithm, const void *message, size_t length, uint8_t *out) {
  const uint8_t *material = key->material.data;
  switch (algorithm) {
    case BOURSE_SIGN_HMAC_SHA256:
      sign_hmac256(out, (const bourse__hmac_key *)(const void *)material, message, length);
      return BOURSE_OK;
    case BOURSE_SIGN_HMAC_SHA512:
      sign_hmac512(out, (const bourse__hmac_key *)(const void *)material, message, length);
      return BOURSE_OK;
    case BOURSE_SIGN_ED25519:
      return crypto_sign_detached(out, NULL, message, length, material) == 0 ? BOURSE_OK : BOURSE_ERROR_CRYPTO;
    case BOURSE_SIGN_RSA_SHA256: return bourse__rsa_sign(out, material, key->material.size, message, length);
    default: return bourse__ecdsa_sign(out, key->curve, material, message, length);
  }
}

int32_t bourse_sign(bourse_signer *signer, int32_t algorithm, const void *message, size_t length, uint8_t *out,
                    size_t out_size, size_t *out_length) {
  if (out_length == NULL) return BOURSE_ERROR_ARGUMENT;
  *out_length = 0;
  if (signer == NULL || out == NULL || (message == NULL && length > 0)) return BOURSE_ERROR_ARGUMENT;
  if (message == NULL) message = "";
  size_t size = signature_size(signer, algorithm);
  if (size == 0) return BOURSE_ERROR_CRYPTO;
  if (signer->function != NULL)
    return sign_by_host(signer, algorithm, message, length, out, out_size, out_length, size);
  if (out_size < size) return BOURSE_ERROR_CRYPTO;
  int32_t result = bourse__secret_open(&signer->key.material);
  if (result != BOURSE_OK) return result;
  result = sign_by_key(&signer->key, algorithm, message, length, out);
  int32_t closed = bourse__secret_close(&signer->key.material);
  if (result == BOURSE_OK) result = closed;
  if (result == BOURSE_OK)
    *out_length = size;
  else
    sodium_memzero(out, size);
  return result;
}
