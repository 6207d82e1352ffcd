/* sign/backend_mbedtls.c - mbedTLS, whose interface differs between 2.28 and 3. Parsed keys live in its own memory on the
 * ordinary heap, so they are made from the guarded bytes for one signature and freed (mbedTLS wipes them) right after it. */
#include "sign/backend.h"

#include <mbedtls/asn1.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/gcm.h>
#include <mbedtls/md.h>
#include <mbedtls/platform.h>
#include <mbedtls/rsa.h>
#include <mbedtls/version.h>
#include <sodium.h>
#include <string.h>

#include <bourse/error.h>

const char bourse__backend_name[] = "mbedTLS";

#define MBEDTLS_3 (MBEDTLS_VERSION_NUMBER >= 0x03000000)

/* Larger ones are not worth the arithmetic that tells their exact size. */
#define MODULUS_SIZE_MAX 2048

static int fill_random(void *user_data, unsigned char *out, size_t size) {
  (void)user_data;
  randombytes_buf(out, size);
  return 0;
}

/* mbedTLS adds a low code, here that of its big numbers, to a high one. */
static int32_t error_of(int result, int32_t otherwise) {
  if (result == 0) return BOURSE_OK;
  int low = -(-result & 0x7F), high = -(-result & ~0x7F);
  int no_memory = low == MBEDTLS_ERR_MPI_ALLOC_FAILED || high == MBEDTLS_ERR_ECP_ALLOC_FAILED ||
                  high == MBEDTLS_ERR_MD_ALLOC_FAILED;
  return no_memory ? BOURSE_ERROR_MEMORY : otherwise;
}

/* Takes the next INTEGER, without leading zeros, off the DER between *p and `end`. */
static int take_integer(const uint8_t **number, size_t *length, unsigned char **p, const unsigned char *end) {
  int result = mbedtls_asn1_get_tag(p, end, length, MBEDTLS_ASN1_INTEGER);
  if (result != 0) return result;
  *number = *p;
  *p += *length;
  for (; *length > 0 && **number == 0; ++*number) --*length;
  return 0;
}

/* Reads RSAPrivateKey of RFC 8017. mbedTLS's own reader is not used as it takes want of memory for a malformed key.
 * What it stores for the Chinese remainder is computed anew, as mbedtls_rsa_complete does. */
static int rsa_parse(mbedtls_rsa_context *rsa, const uint8_t *der, size_t der_length) {
  enum { VERSION, N, E, D, P, Q, COUNT };
  const uint8_t *number[COUNT];
  size_t size[COUNT], length = 0;
  unsigned char *p = (unsigned char *)(uintptr_t)der; /* mbedTLS moves the pointer and only reads */
  const unsigned char *end = der + der_length;
  int result = mbedtls_asn1_get_tag(&p, end, &length, MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE);
  if (result == 0 && p + length != end) result = MBEDTLS_ERR_ASN1_LENGTH_MISMATCH;
  for (int i = 0; i < COUNT && result == 0; i++) result = take_integer(&number[i], &size[i], &p, end);
  if (result != 0) return result;
  if (size[VERSION] != 0 || size[N] == 0 || size[N] > MODULUS_SIZE_MAX) return MBEDTLS_ERR_RSA_BAD_INPUT_DATA;
  result = mbedtls_rsa_import_raw(rsa, number[N], size[N], number[P], size[P], number[Q], size[Q], number[D], size[D],
                                  number[E], size[E]);
  return result != 0 ? result : mbedtls_rsa_complete(rsa);
}

static void rsa_start(mbedtls_rsa_context *rsa) {
#if MBEDTLS_3
  mbedtls_rsa_init(rsa);
#else
  mbedtls_rsa_init(rsa, MBEDTLS_RSA_PKCS_V15, 0);
#endif
}

static int rsa_sign_once(uint8_t *out, mbedtls_rsa_context *rsa, const uint8_t hash[32]) {
#if MBEDTLS_3
  return mbedtls_rsa_pkcs1_sign(rsa, fill_random, NULL, MBEDTLS_MD_SHA256, 32, hash, out);
#else
  return mbedtls_rsa_pkcs1_sign(rsa, fill_random, NULL, MBEDTLS_RSA_PRIVATE, MBEDTLS_MD_SHA256, 32, hash, out);
#endif
}

/* mbedTLS checks its result with the public half before it hands it out. Version 2.28 can lose a failed allocation on the
 * way and find its result wrong; a damaged key has it wrong each time. */
static int rsa_sign_hash(uint8_t *out, mbedtls_rsa_context *rsa, const uint8_t hash[32]) {
  int result = rsa_sign_once(out, rsa, hash);
  int wrong = result == MBEDTLS_ERR_RSA_VERIFY_FAILED || result == MBEDTLS_ERR_RSA_PRIVATE_FAILED;
  return wrong ? rsa_sign_once(out, rsa, hash) : result;
}

int32_t bourse__rsa_check(uint32_t *bits, const uint8_t *der, size_t length) {
  mbedtls_rsa_context rsa;
  mbedtls_mpi modulus;
  *bits = 0;
  rsa_start(&rsa);
  mbedtls_mpi_init(&modulus);
  int result = rsa_parse(&rsa, der, length);
  if (result == 0) result = mbedtls_rsa_export(&rsa, &modulus, NULL, NULL, NULL, NULL);
  if (result == 0) {
    *bits = (uint32_t)mbedtls_mpi_bitlen(&modulus);
    if (*bits < BOURSE__RSA_BITS_MIN || *bits > BOURSE__RSA_BITS_MAX) result = MBEDTLS_ERR_RSA_BAD_INPUT_DATA;
  }
  /* Signing is the check: mbedTLS's own check of a key does not tell want of memory apart. */
  if (result == 0) {
    uint8_t hash[crypto_hash_sha256_BYTES] = {0}, signature[BOURSE__RSA_BITS_MAX / 8];
    result = rsa_sign_hash(signature, &rsa, hash);
  }
  mbedtls_mpi_free(&modulus);
  mbedtls_rsa_free(&rsa);
  return error_of(result, BOURSE_ERROR_CREDENTIALS);
}

int32_t bourse__rsa_sign(uint8_t *out, const uint8_t *der, size_t der_length, const void *message, size_t length) {
  uint8_t hash[crypto_hash_sha256_BYTES];
  mbedtls_rsa_context rsa;
  crypto_hash_sha256(hash, message, length);
  rsa_start(&rsa);
  int result = rsa_parse(&rsa, der, der_length);
  if (result == 0) result = rsa_sign_hash(out, &rsa, hash);
  mbedtls_rsa_free(&rsa);
  return error_of(result, BOURSE_ERROR_CRYPTO);
}

/* --- ECDSA --- mbedTLS 2.28 builds a table of multiples of the generator in the group at its first use. */

struct bourse__curve {
  mbedtls_ecp_group group;
};

void bourse__curve_free(bourse__curve *curve) {
  if (curve == NULL) return;
  mbedtls_ecp_group_free(&curve->group);
  mbedtls_free(curve);
}

static int public_matches(const mbedtls_ecp_group *group, const mbedtls_ecp_point *point, const uint8_t *public_key,
                          size_t public_length) {
  uint8_t derived[65];
  size_t derived_length = 0;
  int format = public_length == sizeof derived ? MBEDTLS_ECP_PF_UNCOMPRESSED : MBEDTLS_ECP_PF_COMPRESSED;
  int result = mbedtls_ecp_point_write_binary(group, point, format, &derived_length, derived, sizeof derived);
  if (result != 0) return result;
  int same = derived_length == public_length && memcmp(derived, public_key, public_length) == 0;
  return same ? 0 : MBEDTLS_ERR_ECP_INVALID_KEY;
}

int32_t bourse__ecdsa_check(bourse__curve **curve, const uint8_t secret[32], const uint8_t *public_key,
                            size_t public_length) {
  *curve = mbedtls_calloc(1, sizeof **curve);
  if (*curve == NULL) return BOURSE_ERROR_MEMORY;
  mbedtls_ecp_group *group = &(*curve)->group;
  mbedtls_ecp_group_init(group);
  mbedtls_mpi d;
  mbedtls_ecp_point point;
  mbedtls_mpi_init(&d);
  mbedtls_ecp_point_init(&point);
  int result = mbedtls_ecp_group_load(group, MBEDTLS_ECP_DP_SECP256R1);
  if (result == 0) result = mbedtls_mpi_read_binary(&d, secret, 32);
  if (result == 0) result = mbedtls_ecp_check_privkey(group, &d);
  if (result == 0 && public_length > 0) {
    result = mbedtls_ecp_mul(group, &point, &d, &group->G, fill_random, NULL);
    if (result == 0) result = public_matches(group, &point, public_key, public_length);
  }
  mbedtls_ecp_point_free(&point);
  mbedtls_mpi_free(&d);
  return error_of(result, BOURSE_ERROR_CREDENTIALS);
}

int32_t bourse__ecdsa_sign(uint8_t out[64], bourse__curve *curve, const uint8_t secret[32], const void *message,
                           size_t length) {
  uint8_t hash[crypto_hash_sha256_BYTES];
  mbedtls_mpi d, r, s;
  crypto_hash_sha256(hash, message, length);
  mbedtls_mpi_init(&d);
  mbedtls_mpi_init(&r);
  mbedtls_mpi_init(&s);
  int result = mbedtls_mpi_read_binary(&d, secret, 32);
  if (result == 0) {
#if defined(MBEDTLS_ECDSA_DETERMINISTIC)
    result =
        mbedtls_ecdsa_sign_det_ext(&curve->group, &r, &s, &d, hash, sizeof hash, MBEDTLS_MD_SHA256, fill_random, NULL);
#else
    result = mbedtls_ecdsa_sign(&curve->group, &r, &s, &d, hash, sizeof hash, fill_random, NULL);
#endif
  }
  if (result == 0) result = mbedtls_mpi_write_binary(&r, out, 32);
  if (result == 0) result = mbedtls_mpi_write_binary(&s, out + 32, 32);
  mbedtls_mpi_free(&s);
  mbedtls_mpi_free(&r);
  mbedtls_mpi_free(&d);
  return error_of(result, BOURSE_ERROR_CRYPTO);
}

/* --- AES-256-GCM --- */

static int32_t cipher_error(int result) {
  if (result == 0) return BOURSE_OK;
  return result == MBEDTLS_ERR_CIPHER_ALLOC_FAILED ? BOURSE_ERROR_MEMORY : BOURSE_ERROR_CRYPTO;
}

int32_t bourse__gcm_encrypt(uint8_t *out, uint8_t *tag, const bourse__gcm *gcm, const uint8_t *plain, size_t length) {
  mbedtls_gcm_context context;
  mbedtls_gcm_init(&context);
  int result = mbedtls_gcm_setkey(&context, MBEDTLS_CIPHER_ID_AES, gcm->key, 8 * BOURSE__GCM_KEY_SIZE);
  if (result == 0)
    result = mbedtls_gcm_crypt_and_tag(&context, MBEDTLS_GCM_ENCRYPT, length, gcm->nonce, BOURSE__GCM_NONCE_SIZE,
                                       gcm->associated, gcm->associated_length, plain, out, BOURSE__GCM_TAG_SIZE, tag);
  mbedtls_gcm_free(&context);
  return cipher_error(result);
}

int32_t bourse__gcm_decrypt(uint8_t *out, const uint8_t *tag, const bourse__gcm *gcm, const uint8_t *sealed,
                            size_t length) {
  mbedtls_gcm_context context;
  mbedtls_gcm_init(&context);
  int result = mbedtls_gcm_setkey(&context, MBEDTLS_CIPHER_ID_AES, gcm->key, 8 * BOURSE__GCM_KEY_SIZE);
  if (result == 0)
    result = mbedtls_gcm_auth_decrypt(&context, length, gcm->nonce, BOURSE__GCM_NONCE_SIZE, gcm->associated,
                                      gcm->associated_length, tag, BOURSE__GCM_TAG_SIZE, sealed, out);
  mbedtls_gcm_free(&context);
  return cipher_error(result);
}

int32_t bourse__sha1(uint8_t out[20], const void *data, size_t length) {
  int result = mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA1), data, length, out);
  return result == 0 ? BOURSE_OK : BOURSE_ERROR_CRYPTO;
}
