/* sign/seal.c - sealing credentials at rest. The layout of a record stands in bourse/seal.h. */
#include <bourse/seal.h>
#include <sodium.h>
#include <string.h>

#include <bourse/error.h>

#include "sign/backend.h"
#include "sign/secret.h"

#define VERSION         1
#define FROM_PASSPHRASE 1
#define FROM_HOST       2

#define HEADER_SIZE 48
#define SALT_SIZE   crypto_pwhash_SALTBYTES
#define NONCE_SIZE  BOURSE__GCM_NONCE_SIZE
#define TAG_SIZE    BOURSE__GCM_TAG_SIZE
#define KEY_SIZE    BOURSE__GCM_KEY_SIZE
#define AT_VERSION  6
#define AT_SOURCE   7
#define AT_PASSES   8
#define AT_MEMORY   12
#define AT_SALT     16
#define AT_NONCE    32
#define AT_LENGTH   44

static const char magic[6] = {'b', 'o', 'u', 'r', 's', 'e'};
static const char host_label[] = "bourse seal 1";

_Static_assert(AT_SALT + SALT_SIZE == AT_NONCE && AT_NONCE + NONCE_SIZE == AT_LENGTH, "the documented layout");
_Static_assert(HEADER_SIZE + TAG_SIZE == BOURSE_SEAL_OVERHEAD, "the documented layout");

/* The header as associated data, with what follows it. */
typedef struct bound {
  uint8_t data[HEADER_SIZE + 2 * (4 + BOURSE_SEAL_NAME_MAX)];
  size_t length;
} bound;

static void put32(uint8_t *out, uint32_t value) {
  for (int i = 0; i < 4; i++) out[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get32(const uint8_t *in) {
  return (uint32_t)in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 | (uint32_t)in[3] << 24;
}

int32_t bourse_seal_options_init(bourse_seal_options *options, uint32_t size) {
  if (options == NULL || size < 2 * sizeof(uint32_t)) return BOURSE_ERROR_ARGUMENT;
  memset(options, 0, size);
  options->struct_size = size;
  options->api_version = BOURSE_API_VERSION;
  return BOURSE_OK;
}

size_t bourse_seal_size(size_t length) { return length > BOURSE_SEAL_PLAIN_MAX ? 0 : length + BOURSE_SEAL_OVERHEAD; }

size_t bourse_unseal_size(size_t length) {
  if (length < BOURSE_SEAL_OVERHEAD || length - BOURSE_SEAL_OVERHEAD > BOURSE_SEAL_PLAIN_MAX) return 0;
  return length - BOURSE_SEAL_OVERHEAD;
}

/* Takes over the caller's options, older and newer ones too, and checks them. */
static int32_t read_options(bourse_seal_options *out, const bourse_seal_options *given) {
  if (given == NULL) return BOURSE_ERROR_ARGUMENT;
  size_t size = given->struct_size;
  if (size < 2 * sizeof(uint32_t) || size > 4096) return BOURSE_ERROR_STRUCT;
  if (given->api_version != BOURSE_API_VERSION) return BOURSE_ERROR_STRUCT;
  for (size_t i = sizeof *out; i < size; i++)
    if (((const uint8_t *)given)[i] != 0) return BOURSE_ERROR_STRUCT;
  memset(out, 0, sizeof *out);
  memcpy(out, given, size < sizeof *out ? size : sizeof *out);
  if ((out->passphrase == NULL) == (out->key == NULL)) return BOURSE_ERROR_ARGUMENT;
  if (out->key_size != (out->key == NULL ? 0 : BOURSE_SEAL_KEY_SIZE)) return BOURSE_ERROR_ARGUMENT;
  if (out->strength < 0 || out->strength > BOURSE_SEAL_MODERATE) return BOURSE_ERROR_ARGUMENT;
  if (out->passphrase != NULL) {
    size_t length = strnlen(out->passphrase, BOURSE_SEAL_PASSPHRASE_MAX + 1);
    if (length == 0 || length > BOURSE_SEAL_PASSPHRASE_MAX) return BOURSE_ERROR_ARGUMENT;
  }
  if (out->owner == NULL || strnlen(out->owner, BOURSE_SEAL_NAME_MAX + 1) > BOURSE_SEAL_NAME_MAX ||
      out->exchange == NULL || strnlen(out->exchange, BOURSE_SEAL_NAME_MAX + 1) > BOURSE_SEAL_NAME_MAX)
    return BOURSE_ERROR_ARGUMENT;
  return BOURSE_OK;
}

static void bind_name(bound *out, const char *name) {
  size_t length = strlen(name);
  put32(out->data + out->length, (uint32_t)length);
  memcpy(out->data + out->length + 4, name, length);
  out->length += 4 + length;
}

static void bind(bound *out, const uint8_t *header, const bourse_seal_options *options) {
  memcpy(out->data, header, HEADER_SIZE);
  out->length = HEADER_SIZE;
  bind_name(out, options->owner);
  bind_name(out, options->exchange);
}

/* The record's own key into `key`, which is guarded and open. The header's parameters are within bounds. */
static int32_t derive(uint8_t *key, const uint8_t *header, const bourse_seal_options *options) {
  if (options->key != NULL) {
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, options->key, BOURSE_SEAL_KEY_SIZE);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)host_label, sizeof host_label - 1);
    crypto_auth_hmacsha256_update(&state, header + AT_SALT, SALT_SIZE);
    crypto_auth_hmacsha256_final(&state, key);
    sodium_memzero(&state, sizeof state);
    return BOURSE_OK;
  }
  /* With parameters it accepts, it fails only for want of memory. */
  int result =
      crypto_pwhash(key, KEY_SIZE, options->passphrase, strlen(options->passphrase), header + AT_SALT,
                    get32(header + AT_PASSES), (size_t)get32(header + AT_MEMORY) * 1024, crypto_pwhash_ALG_ARGON2ID13);
  return result == 0 ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* Readies *gcm for the record that begins with this header, and *key (to be freed in any case) and *associated with it. */
static int32_t start(bourse__gcm *gcm, bourse__secret *key, bound *associated, const uint8_t *header,
                     const bourse_seal_options *options) {
  bind(associated, header, options);
  int32_t result = bourse__secret_new(key, KEY_SIZE);
  if (result != BOURSE_OK) return result;
  *gcm = (bourse__gcm){key->data, header + AT_NONCE, associated->data, associated->length};
  return derive(key->data, header, options);
}

static int32_t encrypt(uint8_t *record, const void *plain, size_t length, const bourse_seal_options *options) {
  bourse__gcm gcm;
  bourse__secret key = {NULL, 0};
  bound associated;
  int32_t result = start(&gcm, &key, &associated, record, options);
  if (result == BOURSE_OK)
    result = bourse__gcm_encrypt(record + HEADER_SIZE, record + HEADER_SIZE + length, &gcm, plain, length);
  bourse__secret_free(&key);
  return result;
}

/* Into `plain`, which is guarded, so that nothing unproven reaches the caller. */
static int32_t decrypt(uint8_t *plain, const uint8_t *record, size_t length, const bourse_seal_options *options) {
  bourse__gcm gcm;
  bourse__secret key = {NULL, 0};
  bound associated;
  int32_t result = start(&gcm, &key, &associated, record, options);
  if (result == BOURSE_OK)
    result = bourse__gcm_decrypt(plain, record + HEADER_SIZE + length, &gcm, record + HEADER_SIZE, length);
  bourse__secret_free(&key);
  return result;
}

int32_t bourse_seal(uint8_t *out, size_t out_size, size_t *out_length, const void *plain, size_t length,
                    const bourse_seal_options *options) {
  bourse_seal_options checked;
  if (out_length == NULL) return BOURSE_ERROR_ARGUMENT;
  *out_length = 0;
  int32_t result = read_options(&checked, options);
  if (result != BOURSE_OK) return result;
  size_t size = bourse_seal_size(length);
  if (out == NULL || (plain == NULL && length > 0) || size == 0 || out_size < size) return BOURSE_ERROR_ARGUMENT;
  result = bourse__crypto_start();
  if (result != BOURSE_OK) return result;
  memset(out, 0, HEADER_SIZE);
  memcpy(out, magic, sizeof magic);
  out[AT_VERSION] = VERSION;
  out[AT_SOURCE] = FROM_HOST;
  if (checked.passphrase != NULL) {
    int moderate = checked.strength == BOURSE_SEAL_MODERATE;
    out[AT_SOURCE] = FROM_PASSPHRASE;
    put32(out + AT_PASSES, moderate ? 3 : 2);
    put32(out + AT_MEMORY, moderate ? 262144 : 65536);
  }
  randombytes_buf(out + AT_SALT, SALT_SIZE + NONCE_SIZE);
  put32(out + AT_LENGTH, (uint32_t)length);
  result = encrypt(out, plain == NULL ? "" : plain, length, &checked);
  if (result != BOURSE_OK) {
    memset(out, 0, size);
    return result;
  }
  *out_length = size;
  return BOURSE_OK;
}

/* Whether this can be a record for these options, before anything is spent on it. */
static int32_t check_header(const uint8_t *record, size_t length, const bourse_seal_options *options) {
  if (length < BOURSE_SEAL_OVERHEAD || memcmp(record, magic, sizeof magic) != 0) return BOURSE_ERROR_CRYPTO;
  if (record[AT_VERSION] > VERSION) return BOURSE_ERROR_UNSUPPORTED;
  uint32_t passes = get32(record + AT_PASSES), memory = get32(record + AT_MEMORY), plain = get32(record + AT_LENGTH);
  if (record[AT_VERSION] != VERSION || plain > BOURSE_SEAL_PLAIN_MAX || length != plain + BOURSE_SEAL_OVERHEAD)
    return BOURSE_ERROR_CRYPTO;
  if (record[AT_SOURCE] != (options->key != NULL ? FROM_HOST : FROM_PASSPHRASE)) return BOURSE_ERROR_CRYPTO;
  if (options->key != NULL) return passes == 0 && memory == 0 ? BOURSE_OK : BOURSE_ERROR_CRYPTO;
  if (passes < crypto_pwhash_OPSLIMIT_MIN || passes > BOURSE_SEAL_PASSES_MAX ||
      memory < crypto_pwhash_MEMLIMIT_MIN / 1024 || memory > BOURSE_SEAL_MEMORY_KIB_MAX)
    return BOURSE_ERROR_CRYPTO;
  return BOURSE_OK;
}

int32_t bourse_unseal(uint8_t *out, size_t out_size, size_t *out_length, const uint8_t *record, size_t length,
                      const bourse_seal_options *options) {
  bourse_seal_options checked;
  bourse__secret plain;
  if (out_length == NULL) return BOURSE_ERROR_ARGUMENT;
  *out_length = 0;
  int32_t result = read_options(&checked, options);
  if (result != BOURSE_OK) return result;
  if (record == NULL) return BOURSE_ERROR_ARGUMENT;
  result = check_header(record, length, &checked);
  if (result != BOURSE_OK) return result;
  size_t size = length - BOURSE_SEAL_OVERHEAD;
  if (out_size < size || (out == NULL && size > 0)) return BOURSE_ERROR_ARGUMENT;
  result = bourse__secret_new(&plain, size);
  if (result != BOURSE_OK) return result;
  result = decrypt(plain.data, record, size, &checked);
  if (result == BOURSE_OK) {
    if (size > 0) memcpy(out, plain.data, size);
    *out_length = size;
  }
  bourse__secret_free(&plain);
  return result;
}
