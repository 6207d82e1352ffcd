/* sign/key.c - from the text of a secret to a checked key in guarded memory. */
#include "sign/key.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <bourse/error.h>

#include "sign/signer.h"

/* Longer is no key but a mistake, such as a whole file of another kind; an RSA key of 4096 bits has 3.3 KB of PEM. */
#define SECRET_LENGTH_MAX 65536

int32_t bourse__key_refuse(const bourse__key_error *error, int32_t code, const char *format, ...) {
  if (error->text != NULL && error->size > 0) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, error->size, format, arguments);
    va_end(arguments);
  }
  return code;
}

static int32_t new_material(bourse__key *key, size_t size, const bourse__key_error *error) {
  int32_t result = bourse__secret_new(&key->material, size);
  if (result == BOURSE_OK) return result;
  const char *text = result == BOURSE_ERROR_MEMORY ? "no memory for the key" : "libsodium does not start";
  return bourse__key_refuse(error, result, "%s", text);
}

static int32_t set_hmac(bourse__key *key, const void *bytes, size_t length, const bourse__key_error *error) {
  int32_t result = new_material(key, sizeof(bourse__hmac_key), error);
  if (result != BOURSE_OK) return result;
  bourse__hmac_key *states = (bourse__hmac_key *)(void *)key->material.data;
  crypto_auth_hmacsha256_init(&states->sha256, bytes, length);
  crypto_auth_hmacsha512_init(&states->sha512, bytes, length);
  key->kind = BOURSE_KEY_HMAC;
  return BOURSE_OK;
}

int32_t bourse__key_set_ed25519(bourse__key *key, const uint8_t seed[32], const uint8_t *public_key,
                                const bourse__key_error *error) {
  uint8_t derived[crypto_sign_PUBLICKEYBYTES];
  int32_t result = new_material(key, crypto_sign_SECRETKEYBYTES, error);
  if (result != BOURSE_OK) return result;
  crypto_sign_seed_keypair(derived, key->material.data, seed);
  if (public_key != NULL && memcmp(derived, public_key, sizeof derived) != 0)
    return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS,
                              "the Ed25519 secret is damaged: its second half is not the public key of its first half");
  key->kind = BOURSE_KEY_ED25519;
  return BOURSE_OK;
}

static int is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* Decodes base64 into guarded memory, left open: either alphabet, padded or not, white space around it. */
static int32_t decode_base64(bourse__secret *out, size_t *out_length, const char *text, size_t length,
                             const bourse__key_error *error) {
  while (length > 0 && is_space(text[0])) text++, length--;
  while (length > 0 && is_space(text[length - 1])) length--;
  size_t with_padding = length;
  while (length > 0 && with_padding - length < 2 && text[length - 1] == '=') length--;
  int32_t result = bourse__secret_new(out, length);
  if (result != BOURSE_OK) return bourse__key_refuse(error, result, "no memory for the key");
  int url = memchr(text, '-', length) != NULL || memchr(text, '_', length) != NULL;
  int variant = url ? sodium_base64_VARIANT_URLSAFE_NO_PADDING : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
  if ((with_padding != length && with_padding % 4 != 0) ||
      sodium_base642bin(out->data, length, text, length, NULL, out_length, NULL, variant) != 0 || *out_length == 0) {
    bourse__secret_free(out);
    return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS,
                              "the secret is not base64, or not whole; give it exactly as the exchange showed it");
  }
  return BOURSE_OK;
}

static int32_t read_text(bourse__key *key, const char *secret, size_t length, const bourse__key_error *error) {
  /* No exchange issues such a secret, and pasting one with its line break is a common mistake. */
  if (is_space(secret[0]) || is_space(secret[length - 1]))
    return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS, "the secret begins or ends with a space or line break");
  return set_hmac(key, secret, length, error);
}

static int32_t read_base64(bourse__key *key, const char *secret, size_t length, const bourse__key_error *error) {
  bourse__secret bytes;
  size_t byte_count = 0;
  int32_t result = decode_base64(&bytes, &byte_count, secret, length, error);
  if (result != BOURSE_OK) return result;
  result = set_hmac(key, bytes.data, byte_count, error);
  bourse__secret_free(&bytes);
  return result;
}

static int32_t read_ed25519_base64(bourse__key *key, const char *secret, size_t length,
                                   const bourse__key_error *error) {
  bourse__secret bytes;
  size_t byte_count = 0;
  int32_t result = decode_base64(&bytes, &byte_count, secret, length, error);
  if (result != BOURSE_OK) return result;
  if (byte_count == 64)
    result = bourse__key_set_ed25519(key, bytes.data, bytes.data + 32, error);
  else if (byte_count == 32)
    result = bourse__key_set_ed25519(key, bytes.data, NULL, error);
  else if (byte_count == 48)
    result = bourse__key_read_der(key, bytes.data, byte_count, BOURSE__DER_PKCS8, error);
  else
    result = bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS,
                                "the Ed25519 secret decodes to %zu bytes; allowed are 32, 64 and 48", byte_count);
  bourse__secret_free(&bytes);
  return result;
}

/* A member of a JSON key file. */
static bourse_slice file_member(const char *text, size_t length, const char *name, const char *other) {
  bourse_json json;
  bourse_slice key, value, found = {NULL, 0};
  int32_t escaped = 0;
  bourse_json_init(&json, text, length);
  if (bourse_json_kind(&json) != BOURSE_JSON_OBJECT || !bourse_json_object_begin(&json)) return found;
  while (bourse_json_object_next(&json, &key)) {
    int32_t wanted = bourse_slice_is(key, name) || (other != NULL && bourse_slice_is(key, other));
    if (!wanted || bourse_json_kind(&json) != BOURSE_JSON_STRING) {
      bourse_json_skip(&json);
      continue;
    }
    if (bourse_json_string(&json, &value, &escaped)) found = value;
  }
  if (bourse_json_finish(&json) != BOURSE_OK) found = (bourse_slice){NULL, 0};
  return found;
}

bourse_slice bourse__key_file_name(const char *text, size_t length) { return file_member(text, length, "name", "id"); }

/* The base64 in a JSON key file, where slashes may be escaped. */
static int32_t read_file(bourse__key *key, bourse_slice text, const bourse__key_error *error) {
  bourse__secret plain;
  int32_t result = bourse__secret_new(&plain, text.length);
  if (result != BOURSE_OK) return bourse__key_refuse(error, result, "no memory for the key");
  int64_t length = bourse_json_unescape((char *)plain.data, text);
  if (length <= 0)
    result = bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS, "the key file's privateKey is malformed");
  else
    result = read_ed25519_base64(key, (const char *)plain.data, (size_t)length, error);
  bourse__secret_free(&plain);
  return result;
}

static int32_t read_pem(bourse__key *key, const char *secret, size_t length, const bourse__key_error *error) {
  bourse__secret der;
  size_t der_length = 0;
  int32_t form = 0;
  int32_t result = bourse__pem_read(&der, &der_length, &form, secret, length, error);
  if (result != BOURSE_OK) return result;
  result = bourse__key_read_der(key, der.data, der_length, form, error);
  bourse__secret_free(&der);
  return result;
}

int32_t bourse__key_read(bourse__key *key, const char *secret, size_t length, int32_t encoding,
                         const bourse__key_error *error) {
  int32_t result;
  memset(key, 0, sizeof *key);
  if (error->text != NULL && error->size > 0) error->text[0] = '\0';
  if (encoding < BOURSE__SECRET_TEXT || encoding > BOURSE__SECRET_ED25519_BASE64)
    return bourse__key_refuse(error, BOURSE_ERROR_ARGUMENT, "no such encoding of a secret: %d", encoding);
  if (bourse__crypto_start() != BOURSE_OK)
    return bourse__key_refuse(error, BOURSE_ERROR_CRYPTO, "libsodium does not start");
  if (secret == NULL || length == 0) return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS, "the secret is empty");
  if (length > SECRET_LENGTH_MAX)
    return bourse__key_refuse(error, BOURSE_ERROR_CREDENTIALS, "the secret has %zu bytes; at most %d are allowed",
                              length, SECRET_LENGTH_MAX);
  static const char mark[] = "PRIVATE KEY";
  bourse_slice file = {NULL, 0};
  if (encoding == BOURSE__SECRET_ED25519_BASE64) file = file_member(secret, length, "privateKey", NULL);
  if (encoding != BOURSE__SECRET_BASE64 && memmem(secret, length, mark, sizeof mark - 1) != NULL)
    result = read_pem(key, secret, length, error);
  else if (encoding == BOURSE__SECRET_BASE64)
    result = read_base64(key, secret, length, error);
  else if (encoding == BOURSE__SECRET_ED25519_BASE64 && file.length > 0)
    result = read_file(key, file, error);
  else if (encoding == BOURSE__SECRET_ED25519_BASE64)
    result = read_ed25519_base64(key, secret, length, error);
  else
    result = read_text(key, secret, length, error);
  if (result == BOURSE_OK && bourse__secret_close(&key->material) != BOURSE_OK)
    result = bourse__key_refuse(error, BOURSE_ERROR_CRYPTO, "the system does not protect the memory of the key");
  if (result != BOURSE_OK) bourse__key_free(key);
  return result;
}

void bourse__key_free(bourse__key *key) {
  bourse__curve_free(key->curve);
  bourse__secret_free(&key->material);
  memset(key, 0, sizeof *key);
}
