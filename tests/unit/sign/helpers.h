/* helpers.h - what the tests of signing share. */
#ifndef TESTS_SIGN_HELPERS_H
#define TESTS_SIGN_HELPERS_H

#include <sodium.h>
#include <string.h>

#include <bourse/error.h>
#include <bourse/sys/signer.h>

#include "sign/signer.h"
#include "test.h"

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif
#ifndef UNDER_ASAN
#define UNDER_ASAN 0
#endif

/* Valgrind keeps copies of its own and runs the program in its own process. */
__attribute__((unused)) static int under_valgrind(void) {
  const char *preload = getenv("LD_PRELOAD");
  return preload != NULL && strstr(preload, "valgrind") != NULL;
}

__attribute__((unused)) static void to_hex(char *out, const uint8_t *bytes, size_t length) {
  sodium_bin2hex(out, 2 * length + 1, bytes, length);
}

/* The bytes of a hex text; the length. */
__attribute__((unused)) static size_t from_hex(uint8_t *out, size_t out_size, const char *hex) {
  size_t length = 0;
  if (sodium_hex2bin(out, out_size, hex, strlen(hex), NULL, &length, NULL) != 0) TEST_FAIL("not hex: %s", hex);
  return length;
}

/* A signer, or NULL and a failed test. */
__attribute__((unused)) static bourse_signer *signer_of(const char *secret, int32_t encoding) {
  char text[BOURSE__SIGNER_ERROR_SIZE] = "";
  bourse_signer *signer = NULL;
  int32_t result = bourse__signer_new(&signer, NULL, secret, strlen(secret), encoding, text, sizeof text);
  if (result != BOURSE_OK || signer == NULL) TEST_FAIL("no signer: %d, \"%s\"", result, text);
  return signer;
}

/* That the secret is refused with a text that contains `part`, and that the text has no piece of the secret in it. */
__attribute__((unused)) static void check_refused(const char *secret, size_t length, int32_t encoding,
                                                  const char *part) {
  char text[BOURSE__SIGNER_ERROR_SIZE] = "";
  bourse_signer *signer = (bourse_signer *)(void *)text;
  int32_t result = bourse__signer_new(&signer, NULL, secret, length, encoding, text, sizeof text);
  CHECK_INT(result, BOURSE_ERROR_CREDENTIALS);
  CHECK(signer == NULL);
  if (strstr(text, part) == NULL) TEST_FAIL("the text is \"%s\", expected \"%s\" in it", text, part);
  CHECK(strlen(text) + 1 < sizeof text); /* not cut off */
  bourse__signer_free(signer);
}

/* Signs and compares. */
__attribute__((unused)) static void check_signature(bourse_signer *signer, int32_t algorithm, const void *message,
                                                    size_t length, const char *expected_hex) {
  uint8_t out[BOURSE_SIGNATURE_SIZE_MAX];
  char hex[2 * BOURSE_SIGNATURE_SIZE_MAX + 1] = "";
  size_t out_length = 0;
  int32_t result = bourse_sign(signer, algorithm, message, length, out, sizeof out, &out_length);
  CHECK_INT(result, BOURSE_OK);
  to_hex(hex, out, out_length);
  CHECK_STR(hex, expected_hex);
}

#endif
