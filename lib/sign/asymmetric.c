/* sign/asymmetric.c - RSA and ECDSA. Parsed keys live in mbedTLS's own memory on the ordinary heap, so they are made
 * from the guarded bytes for one signature and freed (mbedTLS wipes them) right after it. */
#include "sign/asymmetric.h"

#include <mbedtls/asn1.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>
#include <mbedtls/version.h>
#include <sodium.h>
#include <string.h>

#include <bourse/error.h>

#define MBEDTLS_3 (MBEDTLS_VERSION_NUMBER >= 0x03000000)

static int fill_random(void *user_data, unsigned char *out, size_t size) {
  (void)user_data;
  randombytes_buf(out, size);
  return 0;
}

/* mbedTLS adds a low code, here that of its big numbers or of its DER reader, to a high one. */
static int32_t error_of(int result, int32_t otherwise) {
  if (result == 0) return BOURSE_OK;
  int low = -(-result & 0x7F), high = -(-result & ~0x7F);
  int no_memory = low == MBEDTLS_ERR_MPI_ALLOC_FAILED || low == MBEDTLS_ERR_ASN1_ALLOC_FAILED ||
                  high == MBEDTLS_ERR_PK_ALLOC_FAILED || high == MBEDTLS_ERR_ECP_ALLOC_FAILED ||
                  high == MBEDTLS_ERR_MD_ALLOC_FAILED;
  return no_memory ? BOURSE_ERROR_MEMORY : otherwise;
}

static int rsa_parse(mbedtls_pk_context *pk, const uint8_t *der, size_t length) {
#if MBEDTLS_3
  int result = mbedtls_pk_parse_key(pk, der, length, NULL, 0, fill_random, NULL);
#else
  int result = mbedtls_pk_parse_key(pk, der, length, NULL, 0);
#endif
  if (result != 0) return result;
  return mbedtls_pk_get_type(pk) == MBEDTLS_PK_RSA ? 0 : MBEDTLS_ERR_PK_TYPE_MISMATCH;
}

int32_t bourse__rsa_check(uint32_t *bits, const uint8_t *der, size_t length) {
  mbedtls_pk_context pk;
  *bits = 0;
  mbedtls_pk_init(&pk);
  int result = rsa_parse(&pk, der, length);
  if (result == 0) {
    *bits = (uint32_t)mbedtls_pk_get_bitlen(&pk);
    if (*bits < BOURSE__RSA_BITS_MIN || *bits > BOURSE__RSA_BITS_MAX) result = MBEDTLS_ERR_RSA_BAD_INPUT_DATA;
  }
  if (result == 0) result = mbedtls_rsa_check_privkey(mbedtls_pk_rsa(pk));
  mbedtls_pk_free(&pk);
  return error_of(result, BOURSE_ERROR_CREDENTIALS);
}

int32_t bourse__rsa_sign(uint8_t *out, const uint8_t *der, size_t der_length, const void *message, size_t length) {
  uint8_t hash[crypto_hash_sha256_BYTES];
  mbedtls_pk_context pk;
  crypto_hash_sha256(hash, message, length);
  mbedtls_pk_init(&pk);
  int result = rsa_parse(&pk, der, der_length);
  if (result == 0) {
    mbedtls_rsa_context *rsa = mbedtls_pk_rsa(pk);
#if MBEDTLS_3
    result = mbedtls_rsa_pkcs1_sign(rsa, fill_random, NULL, MBEDTLS_MD_SHA256, sizeof hash, hash, out);
#else
    result = mbedtls_rsa_pkcs1_sign(rsa, fill_random, NULL, MBEDTLS_RSA_PRIVATE, MBEDTLS_MD_SHA256, sizeof hash, hash,
                                    out);
#endif
  }
  mbedtls_pk_free(&pk);
  return error_of(result, BOURSE_ERROR_CRYPTO);
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

int32_t bourse__ecdsa_check(mbedtls_ecp_group *group, const uint8_t secret[32], const uint8_t *public_key,
                            size_t public_length) {
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

int32_t bourse__ecdsa_sign(uint8_t out[64], mbedtls_ecp_group *group, const uint8_t secret[32], const void *message,
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
    result = mbedtls_ecdsa_sign_det_ext(group, &r, &s, &d, hash, sizeof hash, MBEDTLS_MD_SHA256, fill_random, NULL);
#else
    result = mbedtls_ecdsa_sign(group, &r, &s, &d, hash, sizeof hash, fill_random, NULL);
#endif
  }
  if (result == 0) result = mbedtls_mpi_write_binary(&r, out, 32);
  if (result == 0) result = mbedtls_mpi_write_binary(&s, out + 32, 32);
  mbedtls_mpi_free(&s);
  mbedtls_mpi_free(&r);
  mbedtls_mpi_free(&d);
  return error_of(result, BOURSE_ERROR_CRYPTO);
}
