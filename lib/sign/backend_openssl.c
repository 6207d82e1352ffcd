/* sign/backend_openssl.c - OpenSSL's libcrypto, 1.1.1 or newer. Keys are made from the guarded bytes for one signature and
 * freed (OpenSSL wipes them) right after it. The functions for a number chosen beforehand, which deterministic signatures
 * need, are those that OpenSSL 3 calls deprecated: what it has instead came with 3.2. */
#define OPENSSL_API_COMPAT          0x10100000L
#define OPENSSL_SUPPRESS_DEPRECATED 1
#include "sign/backend.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <string.h>

#include <bourse/error.h>

const char bourse__backend_name[] = "OpenSSL";

/* OpenSSL says why in a queue of its own, which is the thread's and must be left empty. */
static int32_t error_of(int worked, int32_t otherwise) {
  int no_memory = 0;
  for (unsigned long error = ERR_get_error(); error != 0; error = ERR_get_error())
    no_memory |= ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE;
  if (worked) return BOURSE_OK;
  return no_memory ? BOURSE_ERROR_MEMORY : otherwise;
}

/* --- RSA --- */

static RSA *rsa_parse(const uint8_t *der, size_t length) {
  const unsigned char *p = der;
  RSA *rsa = d2i_RSAPrivateKey(NULL, &p, (long)length);
  if (rsa == NULL || p == der + length) return rsa;
  RSA_free(rsa);
  return NULL;
}

/* OpenSSL checks its result with the public half before it hands it out. */
static int rsa_sign_hash(uint8_t *out, RSA *rsa, const uint8_t hash[32]) {
  unsigned int size = 0;
  return RSA_sign(NID_sha256, hash, 32, out, &size, rsa) == 1 && size == (unsigned int)RSA_size(rsa);
}

int32_t bourse__rsa_check(uint32_t *bits, const uint8_t *der, size_t length) {
  *bits = 0;
  RSA *rsa = rsa_parse(der, length);
  int worked = rsa != NULL;
  if (worked) *bits = (uint32_t)RSA_bits(rsa);
  if (worked && (*bits < BOURSE__RSA_BITS_MIN || *bits > BOURSE__RSA_BITS_MAX)) worked = 0;
  /* It takes want of memory for a number that is no prime; a damaged key is damaged each time. */
  if (worked) worked = RSA_check_key(rsa) == 1 || RSA_check_key(rsa) == 1;
  RSA_free(rsa);
  return error_of(worked, BOURSE_ERROR_CREDENTIALS);
}

int32_t bourse__rsa_sign(uint8_t *out, const uint8_t *der, size_t der_length, const void *message, size_t length) {
  uint8_t hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, message, length);
  RSA *rsa = rsa_parse(der, der_length);
  int worked = rsa != NULL && rsa_sign_hash(out, rsa, hash);
  RSA_free(rsa);
  return error_of(worked, BOURSE_ERROR_CRYPTO);
}

/* --- ECDSA --- */

struct bourse__curve {
  EC_GROUP *group;
  BIGNUM *order_less_2; /* what inverts by Fermat */
  BN_MONT_CTX *order;
};

void bourse__curve_free(bourse__curve *curve) {
  if (curve == NULL) return;
  EC_GROUP_free(curve->group);
  BN_free(curve->order_less_2);
  BN_MONT_CTX_free(curve->order);
  OPENSSL_free(curve);
}

static bourse__curve *new_curve(BN_CTX *context) {
  bourse__curve *curve = OPENSSL_zalloc(sizeof *curve);
  if (curve == NULL) return NULL;
  curve->group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  const BIGNUM *order = curve->group == NULL ? NULL : EC_GROUP_get0_order(curve->group);
  curve->order_less_2 = order == NULL ? NULL : BN_dup(order);
  curve->order = BN_MONT_CTX_new();
  if (curve->order_less_2 != NULL && curve->order != NULL && BN_sub_word(curve->order_less_2, 2) == 1 &&
      BN_MONT_CTX_set(curve->order, order, context) == 1)
    return curve;
  bourse__curve_free(curve);
  return NULL;
}

/* From 1 to one below the order; NULL with *in_range yes: there is no memory. */
static BIGNUM *read_secret(const bourse__curve *curve, const uint8_t secret[32], int *in_range) {
  BIGNUM *d = BN_secure_new();
  *in_range = 1;
  if (d != NULL && BN_bin2bn(secret, 32, d) != NULL) {
    *in_range = !BN_is_zero(d) && BN_cmp(d, EC_GROUP_get0_order(curve->group)) < 0;
    BN_set_flags(d, BN_FLG_CONSTTIME);
    if (*in_range) return d;
  }
  BN_clear_free(d);
  return NULL;
}

/* 1, 0, or -1 when it could not be found out. */
static int public_matches(const bourse__curve *curve, const BIGNUM *d, const uint8_t *public_key, size_t public_length,
                          BN_CTX *context) {
  uint8_t derived[65];
  EC_POINT *point = EC_POINT_new(curve->group);
  point_conversion_form_t form =
      public_length == sizeof derived ? POINT_CONVERSION_UNCOMPRESSED : POINT_CONVERSION_COMPRESSED;
  size_t length = 0;
  if (point != NULL && EC_POINT_mul(curve->group, point, d, NULL, NULL, context) == 1)
    length = EC_POINT_point2oct(curve->group, point, form, derived, sizeof derived, context);
  EC_POINT_clear_free(point);
  if (length == 0) return -1;
  return length == public_length && memcmp(derived, public_key, length) == 0;
}

int32_t bourse__ecdsa_check(bourse__curve **curve, const uint8_t secret[32], const uint8_t *public_key,
                            size_t public_length) {
  int32_t result = BOURSE_ERROR_MEMORY;
  BN_CTX *context = BN_CTX_new();
  BIGNUM *d = NULL;
  *curve = context == NULL ? NULL : new_curve(context);
  if (*curve != NULL) {
    int in_range = 0;
    d = read_secret(*curve, secret, &in_range);
    int matches = d == NULL            ? -1
                  : public_length == 0 ? 1
                                       : public_matches(*curve, d, public_key, public_length, context);
    if (matches == 1) result = BOURSE_OK;
    if (!in_range || matches == 0) result = BOURSE_ERROR_CREDENTIALS;
  }
  BN_clear_free(d);
  BN_CTX_free(context);
  error_of(1, 0);
  return result;
}

/* The generator of RFC 6979, section 3.2, over SHA-256. */
typedef struct drbg {
  uint8_t key[32];
  uint8_t value[32];
} drbg;

static void drbg_step(drbg *g, int more, uint8_t between, const uint8_t *seed) {
  crypto_auth_hmacsha256_state state;
  if (more) {
    crypto_auth_hmacsha256_init(&state, g->key, sizeof g->key);
    crypto_auth_hmacsha256_update(&state, g->value, sizeof g->value);
    crypto_auth_hmacsha256_update(&state, &between, 1);
    if (seed != NULL) crypto_auth_hmacsha256_update(&state, seed, 64);
    crypto_auth_hmacsha256_final(&state, g->key);
  }
  crypto_auth_hmacsha256_init(&state, g->key, sizeof g->key);
  crypto_auth_hmacsha256_update(&state, g->value, sizeof g->value);
  crypto_auth_hmacsha256_final(&state, g->value);
  sodium_memzero(&state, sizeof state);
}

/* The seed is the secret and the hash, which must stand below the order too. */
static int drbg_start(drbg *g, const bourse__curve *curve, const uint8_t secret[32], const uint8_t hash[32]) {
  uint8_t seed[64];
  BIGNUM *number = BN_bin2bn(hash, 32, NULL);
  const BIGNUM *order = EC_GROUP_get0_order(curve->group);
  int worked = number != NULL && (BN_cmp(number, order) < 0 || BN_sub(number, number, order) == 1) &&
               BN_bn2binpad(number, seed + 32, 32) == 32;
  BN_free(number);
  if (!worked) return 0;
  memcpy(seed, secret, 32);
  memset(g->key, 0, sizeof g->key);
  memset(g->value, 1, sizeof g->value);
  drbg_step(g, 1, 0, seed);
  drbg_step(g, 1, 1, seed);
  drbg_step(g, 0, 0, NULL);
  sodium_memzero(seed, sizeof seed);
  return 1;
}

/* For the number k: its inverse, and r, the x of k times the generator. */
static int prepare(BIGNUM *inverse, BIGNUM *r, const bourse__curve *curve, const BIGNUM *k, BN_CTX *context) {
  const BIGNUM *order = EC_GROUP_get0_order(curve->group);
  EC_POINT *point = EC_POINT_new(curve->group);
  int worked = point != NULL && EC_POINT_mul(curve->group, point, k, NULL, NULL, context) == 1 &&
               EC_POINT_get_affine_coordinates(curve->group, point, r, NULL, context) == 1 &&
               BN_nnmod(r, r, order, context) == 1 &&
               BN_mod_exp_mont_consttime(inverse, k, curve->order_less_2, order, context, curve->order) == 1;
  EC_POINT_clear_free(point);
  return worked;
}

static int sign_hash(uint8_t out[64], const bourse__curve *curve, EC_KEY *key, drbg *g, const uint8_t hash[32],
                     BN_CTX *context) {
  BIGNUM *inverse = BN_secure_new(), *r = BN_new(), *k;
  ECDSA_SIG *signature = NULL;
  int in_range = 0;
  /* A number out of range comes once in 2^32, an r or s of zero never. */
  while ((k = read_secret(curve, g->value, &in_range)) == NULL && !in_range) drbg_step(g, 1, 0, NULL);
  int worked = k != NULL && inverse != NULL && r != NULL && prepare(inverse, r, curve, k, context) && !BN_is_zero(r);
  if (worked) signature = ECDSA_do_sign_ex(hash, 32, inverse, r, key);
  worked = signature != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, 32) == 32 &&
           BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + 32, 32) == 32;
  ECDSA_SIG_free(signature);
  BN_clear_free(k);
  BN_clear_free(inverse);
  BN_free(r);
  return worked;
}

int32_t bourse__ecdsa_sign(uint8_t out[64], bourse__curve *curve, const uint8_t secret[32], const void *message,
                           size_t length) {
  uint8_t hash[crypto_hash_sha256_BYTES];
  drbg g;
  crypto_hash_sha256(hash, message, length);
  BN_CTX *context = BN_CTX_secure_new();
  EC_KEY *key = EC_KEY_new();
  int in_range = 0;
  BIGNUM *d = read_secret(curve, secret, &in_range);
  int worked = context != NULL && key != NULL && d != NULL && EC_KEY_set_group(key, curve->group) == 1 &&
               EC_KEY_set_private_key(key, d) == 1 && drbg_start(&g, curve, secret, hash) &&
               sign_hash(out, curve, key, &g, hash, context);
  sodium_memzero(&g, sizeof g);
  BN_clear_free(d);
  EC_KEY_free(key);
  BN_CTX_free(context);
  return error_of(worked, BOURSE_ERROR_CRYPTO);
}

/* --- AES-256-GCM --- Until the tag is looked at, nothing but want of memory can be in the way. */

int32_t bourse__gcm_encrypt(uint8_t *out, uint8_t *tag, const bourse__gcm *gcm, const uint8_t *plain, size_t length) {
  int written = 0;
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  int worked = context != NULL && EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, gcm->key, gcm->nonce) == 1 &&
               EVP_EncryptUpdate(context, NULL, &written, gcm->associated, (int)gcm->associated_length) == 1 &&
               (length == 0 || EVP_EncryptUpdate(context, out, &written, plain, (int)length) == 1) &&
               EVP_EncryptFinal_ex(context, out + length, &written) == 1 &&
               EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, BOURSE__GCM_TAG_SIZE, tag) == 1;
  EVP_CIPHER_CTX_free(context);
  return error_of(worked, BOURSE_ERROR_MEMORY);
}

int32_t bourse__gcm_decrypt(uint8_t *out, const uint8_t *tag, const bourse__gcm *gcm, const uint8_t *sealed,
                            size_t length) {
  int written = 0;
  uint8_t wanted[BOURSE__GCM_TAG_SIZE], none[1];
  memcpy(wanted, tag, sizeof wanted); /* OpenSSL only reads it */
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  int worked = context != NULL && EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, gcm->key, gcm->nonce) == 1 &&
               EVP_DecryptUpdate(context, NULL, &written, gcm->associated, (int)gcm->associated_length) == 1 &&
               (length == 0 || EVP_DecryptUpdate(context, out, &written, sealed, (int)length) == 1) &&
               EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, BOURSE__GCM_TAG_SIZE, wanted) == 1;
  int proven = worked && EVP_DecryptFinal_ex(context, none, &written) == 1;
  EVP_CIPHER_CTX_free(context);
  return error_of(proven, worked ? BOURSE_ERROR_CRYPTO : BOURSE_ERROR_MEMORY);
}

int32_t bourse__sha1(uint8_t out[20], const void *data, size_t length) {
  return error_of(EVP_Digest(data, length, out, NULL, EVP_sha1(), NULL) == 1, BOURSE_ERROR_CRYPTO);
}
