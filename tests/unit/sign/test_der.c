#include "helpers.h"
#include "keys.h"
#include "sign/key.h"

/* The DER in PEM text. */
static size_t der_of(uint8_t *out, size_t out_size, const char *pem) {
  size_t length = 0;
  const char *from = strstr(pem, "-----\n") + 6, *to = strstr(pem, "\n-----END");
  CHECK_INT(sodium_base642bin(out, out_size, from, (size_t)(to - from), "\n", &length, NULL,
                              sodium_base64_VARIANT_ORIGINAL), 0);
  return length;
}

static int32_t read_der(bourse__key *key, const uint8_t *der, size_t length, int32_t form, char *text,
                        size_t text_size) {
  bourse__key_error error = {text, text_size};
  memset(key, 0, sizeof *key);
  text[0] = '\0';
  return bourse__key_read_der(key, der, length, form, &error);
}

static void check_der(const uint8_t *der, size_t length, int32_t form, int32_t expected, const char *part) {
  char text[BOURSE__SIGNER_ERROR_SIZE];
  bourse__key key;
  CHECK_INT(read_der(&key, der, length, form, text, sizeof text), expected);
  if (strstr(text, part) == NULL) TEST_FAIL("the text is \"%s\", expected \"%s\" in it", text, part);
  bourse__key_free(&key);
}

static void check_pem_refused(const char *pem, const char *part) {
  check_refused(pem, strlen(pem), BOURSE__SECRET_TEXT, part);
}

TEST(kinds_and_curves) {
  check_pem_refused(rsa1024_pkcs8, "the RSA key has 1024 bits; allowed are 2048 to 4096");
  check_pem_refused(rsa_pss_pkcs8, "RSA-PSS");
  check_pem_refused(x25519_pkcs8, "X25519");
  check_pem_refused(ed448_pkcs8, "Ed448");
  check_pem_refused(secp256k1_pkcs8, "secp256k1");
  check_pem_refused(p384_sec1, "P-384");
  check_pem_refused(ec_explicit, "curve");
}

TEST(largest_rsa) {
  bourse_signer *signer = signer_of(rsa4096_pkcs8, BOURSE__SECRET_TEXT);
  check_signature(signer, BOURSE_SIGN_RSA_SHA256, signed_message, strlen(signed_message), rsa4096_signature);
  bourse__signer_free(signer);
}

TEST(ec_without_public_half_and_compressed) {
  static const char *const pems[] = {ec_sec1_no_public, ec_sec1_compressed};
  for (size_t i = 0; i < 2; i++) {
    bourse_signer *signer = signer_of(pems[i], BOURSE__SECRET_TEXT);
    check_signature(signer, BOURSE_SIGN_ECDSA_P256, signed_message, strlen(signed_message), ec_signature);
    bourse__signer_free(signer);
  }
}

/* A SEC1 key has its secret at 7 and the public half, uncompressed, in the last 65 bytes. */
TEST(ec_halves_must_match) {
  uint8_t der[256], bad[256];
  size_t length = der_of(der, sizeof der, ec_sec1);
  CHECK_INT(length, 121);
  check_der(der, length, BOURSE__DER_SEC1, BOURSE_OK, "");
  memcpy(bad, der, length);
  bad[7 + 31] ^= 1;
  check_der(bad, length, BOURSE__DER_SEC1, BOURSE_ERROR_CREDENTIALS, "public half");
  memcpy(bad, der, length);
  bad[length - 1] ^= 1;
  check_der(bad, length, BOURSE__DER_SEC1, BOURSE_ERROR_CREDENTIALS, "public half");
}

TEST(ec_out_of_range) {
  static const char order[] = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
  uint8_t der[256];
  size_t length = der_of(der, sizeof der, ec_sec1_no_public);
  memset(der + 7, 0, 32);
  check_der(der, length, BOURSE__DER_SEC1, BOURSE_ERROR_CREDENTIALS, "out of range");
  from_hex(der + 7, 32, order);
  check_der(der, length, BOURSE__DER_SEC1, BOURSE_ERROR_CREDENTIALS, "out of range");
  der[7 + 31]--;
  check_der(der, length, BOURSE__DER_SEC1, BOURSE_OK, "");
}

TEST(ec_curve_not_named) {
  uint8_t der[256];
  size_t length = der_of(der, sizeof der, ec_sec1_no_public);
  CHECK_INT(length, 51); /* sequence 2, version 3, secret 34, curve 12 */
  der[1] = 37;
  check_der(der, 39, BOURSE__DER_SEC1, BOURSE_ERROR_CREDENTIALS, "does not name its curve");
}

/* Cut anywhere, with the outer length as it was or corrected, it is refused, and so is anything after it. */
static void check_cuts(const char *pem, int32_t form) {
  uint8_t der[4096];
  size_t length = der_of(der, sizeof der - 1, pem);
  char text[BOURSE__SIGNER_ERROR_SIZE];
  bourse__key key;
  for (size_t cut = 0; cut < length; cut += length > 500 ? 7 : 1) {
    /* A copy of its own size, so that the sanitizer sees a read past the end. */
    uint8_t *copy = malloc(cut + 1);
    if (copy == NULL) return;
    memcpy(copy, der, cut);
    if (read_der(&key, copy, cut, form, text, sizeof text) != BOURSE_ERROR_CREDENTIALS || text[0] == '\0')
      TEST_FAIL("cut at %zu: \"%s\"", cut, text);
    bourse__key_free(&key);
    free(copy);
  }
  der[length] = 0;
  check_der(der, length + 1, form, BOURSE_ERROR_CREDENTIALS, "malformed");
}

TEST(cut_off_anywhere) {
  check_cuts(ec_sec1, BOURSE__DER_SEC1);
  check_cuts(ec_pkcs8, BOURSE__DER_PKCS8);
  check_cuts(ed25519_pkcs8, BOURSE__DER_PKCS8);
  check_cuts(rsa2048_pkcs1, BOURSE__DER_PKCS1);
  check_cuts(rsa2048_pkcs8, BOURSE__DER_PKCS8);
}

/* No damage to one byte crashes; a key read in spite of it is still P-256 or Ed25519 and signs. */
static void check_damage(const char *pem, int32_t form) {
  uint8_t der[256];
  size_t length = der_of(der, sizeof der, pem), read = 0;
  char text[BOURSE__SIGNER_ERROR_SIZE];
  bourse__key key;
  for (size_t i = 0; i < length; i++) {
    for (int bit = 0; bit < 8; bit++) {
      der[i] ^= (uint8_t)(1 << bit);
      int32_t result = read_der(&key, der, length, form, text, sizeof text);
      if (result == BOURSE_OK)
        read++;
      else if (result != BOURSE_ERROR_CREDENTIALS || text[0] == '\0')
        TEST_FAIL("damage at %zu: %d \"%s\"", i, result, text);
      bourse__key_free(&key);
      der[i] ^= (uint8_t)(1 << bit);
    }
  }
  /* All bits of a seed or of a secret without its public half are free, but almost none of the frame. */
  if (read > 32 * 8 + 8) TEST_FAIL("%zu damaged keys were read", read);
}

TEST(damaged_anywhere) {
  check_damage(ed25519_pkcs8, BOURSE__DER_PKCS8);
  check_damage(ec_sec1_no_public, BOURSE__DER_SEC1);
}

/* With the public half there, no bit of the secret, of the public half or of the curve's name can change unnoticed. */
TEST(damage_to_a_pair_is_noticed) {
  uint8_t der[256];
  size_t length = der_of(der, sizeof der, ec_sec1);
  char text[BOURSE__SIGNER_ERROR_SIZE];
  bourse__key key;
  for (size_t i = 5; i < length; i += under_valgrind() ? 13 : 1) {
    der[i] ^= 4;
    if (read_der(&key, der, length, BOURSE__DER_SEC1, text, sizeof text) != BOURSE_ERROR_CREDENTIALS)
      TEST_FAIL("damage at %zu was not noticed", i);
    bourse__key_free(&key);
    der[i] ^= 4;
  }
}

TEST(damage_to_rsa_is_noticed) {
  uint8_t der[2048];
  size_t length = der_of(der, sizeof der, rsa2048_pkcs1);
  /* Sequence 4, version 3, modulus 261, exponent 5, private exponent 260, then the first prime, 132. */
  static const size_t places[] = {20, 150, 270, 290, 400, 545, 600, 700};
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    der[places[i]] ^= 2;
    check_der(der, length, BOURSE__DER_PKCS1, BOURSE_ERROR_CREDENTIALS, "damaged");
    der[places[i]] ^= 2;
  }
  check_der(der, length, BOURSE__DER_PKCS1, BOURSE_OK, "");
}

TEST_MAIN()
