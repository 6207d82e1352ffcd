#include "sign/key.h"

#include "helpers.h"
#include "keys.h"

/* RFC 8032, section 7.1, tests 1 to 3: seed, and seed with public key. */
static const struct {
  const char *seed, *pair, *message, *signature;
} rfc8032[] = {
    {"nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
     "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg==", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs=",
     "TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs9QBfD6EOJWpK3CqdNG368nJgszy7ElozAzVXxKvRmDA==", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"xaqN9D+fg3vtt0QvMdy3sWbThTUHbwlLhc46LgtEWPc=",
     "xaqN9D+fg3vtt0QvMdy3sWbThTUHbwlLhc46LgtEWPf8Uc2OYhiho42kftACMPBYCBbtE7ozA6xd65EVSJCAJQ==", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(ed25519_rfc8032) {
  for (size_t i = 0; i < sizeof rfc8032 / sizeof rfc8032[0]; i++) {
    uint8_t message[8];
    size_t length = from_hex(message, sizeof message, rfc8032[i].message);
    const char *const secrets[] = {rfc8032[i].seed, rfc8032[i].pair};
    for (size_t j = 0; j < 2; j++) {
      bourse_signer *signer = signer_of(secrets[j], BOURSE__SECRET_ED25519_BASE64);
      CHECK_INT(bourse_signer_kind(signer), BOURSE_KEY_ED25519);
      check_signature(signer, BOURSE_SIGN_ED25519, message, length, rfc8032[i].signature);
      bourse__signer_free(signer);
    }
  }
}

TEST(ed25519_der_and_pem_where_base64_is_expected) {
  static const char *const secrets[] = {ed25519_pkcs8_base64, ed25519_pkcs8};
  for (size_t i = 0; i < 2; i++) {
    bourse_signer *signer = signer_of(secrets[i], BOURSE__SECRET_ED25519_BASE64);
    check_signature(signer, BOURSE_SIGN_ED25519, signed_message, strlen(signed_message), ed25519_signature);
    bourse__signer_free(signer);
  }
  bourse_signer *ec = signer_of(ec_sec1, BOURSE__SECRET_ED25519_BASE64); /* Coinbase issues both */
  CHECK_INT(bourse_signer_kind(ec), BOURSE_KEY_ECDSA_P256);
  bourse__signer_free(ec);
}

/* Key files of Coinbase, in both shapes; some JSON writers escape slashes. */
TEST(key_files_as_downloaded) {
  static const char *const files[] = {
      "{\"id\":\"aa-bb\",\"privateKey\":"
      "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe\\/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==\"}",
      " {\n  \"name\": \"aa-bb\",\n  \"privateKey\": "
      "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==\"\n}\n"};
  for (size_t i = 0; i < 2; i++) {
    bourse_signer *signer = signer_of(files[i], BOURSE__SECRET_ED25519_BASE64);
    CHECK_INT(bourse_signer_kind(signer), BOURSE_KEY_ED25519);
    bourse_slice name = bourse__key_file_name(files[i], strlen(files[i]));
    CHECK(bourse_slice_is(name, "aa-bb"));
    bourse__signer_free(signer);
  }
  static const char half[] = "{\"name\":\"aa\",\"privateKey\":\"AAEC\"}";
  check_refused(half, strlen(half), BOURSE__SECRET_ED25519_BASE64, "decodes to 3 bytes");
  static const char cut[] = "{\"name\":\"aa\",\"privateKey\":\"AAEC\"";
  check_refused(cut, strlen(cut), BOURSE__SECRET_ED25519_BASE64, "not base64");
  CHECK_INT(bourse__key_file_name(cut, strlen(cut)).length, 0);
  CHECK_INT(bourse__key_file_name("secret", 6).length, 0);
}

TEST(ed25519_refused) {
  char text[128];
  snprintf(text, sizeof text, "%s", rfc8032[1].pair);
  text[70] = text[70] == 'A' ? 'B' : 'A';
  check_refused(text, strlen(text), BOURSE__SECRET_ED25519_BASE64, "not the public key");
  check_refused("AAECAwQF", 8, BOURSE__SECRET_ED25519_BASE64, "decodes to 6 bytes; allowed are 32, 64 and 48");
  check_refused("not base64!", 11, BOURSE__SECRET_ED25519_BASE64, "not base64");
}

/* The same HMAC key in every spelling of base64: fb ff fe 01, then 5. */
TEST(base64_spellings) {
  static const char *const spellings[] = {
      "+//+AQU=", "+//+AQU", "-__-AQU=", "-__-AQU", " +//+AQU=\n", "\r\n\t+//+AQU \n"};
  static const uint8_t key[] = {0xFB, 0xFF, 0xFE, 0x01, 0x05};
  uint8_t expected[32];
  char hex[65];
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key, sizeof key);
  crypto_auth_hmacsha256_update(&state, (const uint8_t *)"message", 7);
  crypto_auth_hmacsha256_final(&state, expected);
  to_hex(hex, expected, 32);
  for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
    bourse_signer *signer = signer_of(spellings[i], BOURSE__SECRET_BASE64);
    CHECK_INT(bourse_signer_kind(signer), BOURSE_KEY_HMAC);
    check_signature(signer, BOURSE_SIGN_HMAC_SHA256, "message", 7, hex);
    bourse__signer_free(signer);
  }
}

TEST(base64_refused) {
  static const char *const bad[] = {"+//+AQU==", "+//+A",    "+//+AQV=",  "+//-AQU=", "+//+ AQU=", "=",
                                    "====",      "+//+AQ=U", "+//+AQU=x", "\n",       "*",         "+//+AQ="};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    check_refused(bad[i], strlen(bad[i]), BOURSE__SECRET_BASE64, "not base64");
  check_refused(ec_sec1, strlen(ec_sec1), BOURSE__SECRET_BASE64, "not base64");
}

TEST(text_refused) {
  char *large = calloc(1, 70000);
  for (int32_t encoding = 0; encoding <= 2; encoding++) {
    check_refused("", 0, encoding, "empty");
    check_refused(NULL, 0, encoding, "empty");
    check_refused(NULL, 5, encoding, "empty");
    if (large != NULL) check_refused(large, 70000, encoding, "70000 bytes");
  }
  free(large);
  check_refused("secret\n", 7, BOURSE__SECRET_TEXT, "space or line break");
  check_refused(" secret", 7, BOURSE__SECRET_TEXT, "space or line break");
  check_refused("\t", 1, BOURSE__SECRET_TEXT, "space or line break");
}

TEST(no_such_encoding) {
  bourse_signer *signer = NULL;
  char text[BOURSE__SIGNER_ERROR_SIZE];
  CHECK_INT(bourse__signer_new(&signer, NULL, "secret", 6, 3, text, sizeof text), BOURSE_ERROR_ARGUMENT);
  CHECK(signer == NULL && strstr(text, "3") != NULL);
  CHECK_INT(bourse__signer_new(&signer, NULL, "secret", 6, -1, text, sizeof text), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__signer_new(NULL, NULL, "secret", 6, 0, text, sizeof text), BOURSE_ERROR_ARGUMENT);
}

/* No text, or one that is too small, is no reason to fail otherwise. */
TEST(error_text_is_optional) {
  bourse_signer *signer = NULL;
  char tiny[5] = "xxxx";
  CHECK_INT(bourse__signer_new(&signer, NULL, "", 0, 0, NULL, 0), BOURSE_ERROR_CREDENTIALS);
  CHECK_INT(bourse__signer_new(&signer, NULL, "", 0, 0, tiny, sizeof tiny), BOURSE_ERROR_CREDENTIALS);
  CHECK_STR(tiny, "the ");
  CHECK_INT(bourse__signer_new(&signer, NULL, "", 0, 0, tiny, 0), BOURSE_ERROR_CREDENTIALS);
  CHECK_INT(bourse__signer_new(&signer, NULL, "s", 1, 0, tiny, sizeof tiny), BOURSE_OK);
  CHECK_STR(tiny, "");
  bourse__signer_free(signer);
}

/* Whatever is refused, no four characters of the secret in a row are in the text. The secrets hold no common words. */
TEST(error_texts_tell_nothing) {
  static const struct {
    const char *secret;
    int32_t encoding;
  } cases[] = {
      {"Zq7Xw9Kv2Lm4\n", BOURSE__SECRET_TEXT},
      {"Zq7Xw9Kv2Lm4!", BOURSE__SECRET_BASE64},
      {"Zq7Xw9Kv2Lm4", BOURSE__SECRET_ED25519_BASE64},
      {"-----BEGIN Zq7Xw9Kv PRIVATE KEY-----Zq7Xw9Kv-----END PRIVATE KEY-----", BOURSE__SECRET_TEXT},
      {"-----BEGIN PRIVATE KEY-----Zq7Xw9Kv-----END PRIVATE KEY-----", BOURSE__SECRET_TEXT},
      {"-----BEGIN PRIVATE KEY-----Zq7Xw9Kv-----END Zq7Xw9Kv-----", BOURSE__SECRET_TEXT},
      {"-----BEGIN PRIVATE KEY-----\nProc-Type: Zq7Xw9Kv\n-----END PRIVATE KEY-----", BOURSE__SECRET_TEXT},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char text[BOURSE__SIGNER_ERROR_SIZE] = "";
    bourse_signer *signer = NULL;
    const char *secret = cases[i].secret;
    CHECK_INT(bourse__signer_new(&signer, NULL, secret, strlen(secret), cases[i].encoding, text, sizeof text),
              BOURSE_ERROR_CREDENTIALS);
    CHECK(text[0] != '\0');
    for (const char *p = strstr(secret, "Zq7X"); p != NULL && p < strstr(secret, "Zq7X") + 5; p++) {
      char piece[5] = "";
      memcpy(piece, p, 4);
      if (strstr(text, piece) != NULL) TEST_FAIL("\"%s\" tells \"%s\"", text, piece);
    }
  }
}

TEST_MAIN()
