#include "sign/backend.h"

#include <mbedtls/ecdsa.h>

#include "failing_calloc.h"
#include "helpers.h"
#include "keys.h"

static void check_ecdsa(const char *message, const char *expected) {
  bourse_signer *signer = signer_of(rfc6979_sec1, BOURSE__SECRET_TEXT);
  check_signature(signer, BOURSE_SIGN_ECDSA_P256, message, strlen(message), expected);
  check_signature(signer, BOURSE_SIGN_ECDSA_P256, message, strlen(message), expected); /* the same each time */
  bourse__signer_free(signer);
}

TEST(rfc6979) {
  check_ecdsa("sample", rfc6979_sample);
  check_ecdsa("test", rfc6979_test);
}

TEST(short_numbers_are_padded) {
  CHECK(strncmp(short_r_signature, "00", 2) == 0);
  CHECK(strncmp(short_s_signature + 64, "00", 2) == 0);
  check_ecdsa(short_r_message, short_r_signature);
  check_ecdsa(short_s_message, short_s_signature);
}

/* mbedTLS's verification, with the public half only. */
static int verify(const uint8_t signature[64], const char *message) {
  uint8_t hash[32], point[65];
  mbedtls_ecp_group group;
  mbedtls_ecp_point q;
  mbedtls_mpi r, s;
  mbedtls_ecp_group_init(&group);
  mbedtls_ecp_point_init(&q);
  mbedtls_mpi_init(&r);
  mbedtls_mpi_init(&s);
  from_hex(point, sizeof point, ec_public);
  bourse_sha256(hash, message, strlen(message));
  int result = mbedtls_ecp_group_load(&group, MBEDTLS_ECP_DP_SECP256R1);
  if (result == 0) result = mbedtls_ecp_point_read_binary(&group, &q, point, sizeof point);
  if (result == 0) result = mbedtls_mpi_read_binary(&r, signature, 32);
  if (result == 0) result = mbedtls_mpi_read_binary(&s, signature + 32, 32);
  if (result == 0) result = mbedtls_ecdsa_verify(&group, hash, sizeof hash, &q, &r, &s);
  mbedtls_mpi_free(&s);
  mbedtls_mpi_free(&r);
  mbedtls_ecp_point_free(&q);
  mbedtls_ecp_group_free(&group);
  return result;
}

TEST(ecdsa_verifies) {
  bourse_signer *signer = signer_of(ec_pkcs8, BOURSE__SECRET_TEXT);
  for (int i = 0; i < (under_valgrind() ? 2 : 20); i++) {
    char message[32];
    uint8_t signature[64];
    size_t length = 0;
    snprintf(message, sizeof message, "message %d", i);
    CHECK_INT(bourse_sign(signer, BOURSE_SIGN_ECDSA_P256, message, strlen(message), signature, 64, &length), BOURSE_OK);
    CHECK_INT(length, 64);
    CHECK_INT(verify(signature, message), 0);
    message[0] = 'M';
    CHECK(verify(signature, message) != 0);
  }
  bourse__signer_free(signer);
}

/* OpenSSL does not always tell want of memory. */
static int is_vague(int32_t result) {
  return strcmp(bourse__backend_name, "OpenSSL") == 0 && result == BOURSE_ERROR_CRYPTO;
}

/* 1 when it failed for want of memory, 0 when all of it worked. */
static int run_failing(const char *pem, int32_t algorithm, long nth, const char *expected) {
  char text[BOURSE__SIGNER_ERROR_SIZE], hex[2 * BOURSE_SIGNATURE_SIZE_MAX + 1];
  uint8_t out[BOURSE_SIGNATURE_SIZE_MAX];
  size_t length = 0;
  bourse_signer *signer = NULL;
  calloc_fails_at = nth;
  calloc_has_failed = 0;
  int32_t result = bourse__signer_new(&signer, NULL, pem, strlen(pem), BOURSE__SECRET_TEXT, text, sizeof text);
  if (result == BOURSE_OK)
    result = bourse_sign(signer, algorithm, signed_message, strlen(signed_message), out, sizeof out, &length);
  calloc_fails_at = 0;
  if (result == BOURSE_OK) {
    to_hex(hex, out, length);
    CHECK_STR(hex, expected);
  } else if (length != 0 || !calloc_has_failed || (result != BOURSE_ERROR_MEMORY && !is_vague(result))) {
    TEST_FAIL("allocation %ld failed: %d \"%s\"", nth, result, text);
  }
  bourse__signer_free(signer);
  return calloc_has_failed;
}

static void check_failing(const char *pem, int32_t algorithm, const char *expected, long most) {
  long nth = 1, runs = 0;
  if (under_valgrind() || UNDER_ASAN) return;
  while (run_failing(pem, algorithm, nth, expected) && nth < most) nth += nth < 60 ? 1 : nth / 20, runs++;
  CHECK(runs > 20); /* it did allocate */
}

TEST(want_of_memory) {
  check_failing(rsa2048_pkcs8, BOURSE_SIGN_RSA_SHA256, rsa2048_signature, 1L << 40);
  check_failing(ec_sec1, BOURSE_SIGN_ECDSA_P256, ec_signature, 1L << 40);
}

TEST_MAIN()
