#include "helpers.h"
#include "keys.h"

/* A copy with every `from` replaced. */
static void replace(char *out, size_t out_size, const char *text, const char *from, const char *to) {
  size_t used = 0;
  while (*text != '\0' && used + strlen(to) + 1 < out_size) {
    if (strncmp(text, from, strlen(from)) == 0) {
      memcpy(out + used, to, strlen(to));
      used += strlen(to);
      text += strlen(from);
    } else {
      out[used++] = *text++;
    }
  }
  out[used] = '\0';
}

static void check_reads(const char *pem, int32_t kind, int32_t algorithm, const char *signature) {
  bourse_signer *signer = signer_of(pem, BOURSE__SECRET_TEXT);
  CHECK_INT(bourse_signer_kind(signer), kind);
  if (signer != NULL) check_signature(signer, algorithm, signed_message, strlen(signed_message), signature);
  bourse__signer_free(signer);
}

static void check_ec(const char *pem) {
  check_reads(pem, BOURSE_KEY_ECDSA_P256, BOURSE_SIGN_ECDSA_P256, ec_signature);
}

TEST(all_forms) {
  check_reads(rsa2048_pkcs8, BOURSE_KEY_RSA, BOURSE_SIGN_RSA_SHA256, rsa2048_signature);
  check_reads(rsa2048_pkcs1, BOURSE_KEY_RSA, BOURSE_SIGN_RSA_SHA256, rsa2048_signature);
  check_reads(ed25519_pkcs8, BOURSE_KEY_ED25519, BOURSE_SIGN_ED25519, ed25519_signature);
  check_ec(ec_pkcs8);
  check_ec(ec_sec1);
  check_ec(ec_sec1_with_parameters);
}

TEST(as_people_paste_it) {
  char text[8192], json[8300];
  replace(text, sizeof text, ec_sec1, "\n", "\\n");
  check_ec(text);
  replace(text, sizeof text, ec_sec1, "\n", "\\r\\n");
  check_ec(text);
  replace(text, sizeof text, ec_sec1, "\n", "\\\\n");
  check_ec(text);
  replace(text, sizeof text, ec_sec1, "\n", "\r\n");
  check_ec(text);
  replace(text, sizeof text, ec_sec1, "\n", " ");
  check_ec(text);
  replace(text, sizeof text, ec_sec1, "\n", "");
  check_ec(text);
  replace(text, sizeof text, ec_sec1, "\n", "\n  \t");
  check_ec(text);
  replace(text, sizeof text, rsa2048_pkcs8, "\n", "\\n");
  snprintf(json, sizeof json, "{\"name\": \"organizations/1/apiKeys/2\", \"privateKey\": \"%s\"}", text);
  check_reads(json, BOURSE_KEY_RSA, BOURSE_SIGN_RSA_SHA256, rsa2048_signature);
  CHECK(strchr(rsa2048_pkcs8, '/') != NULL); /* so that the next case has something to escape */
  replace(text, sizeof text, rsa2048_pkcs8, "/", "\\/");
  check_reads(text, BOURSE_KEY_RSA, BOURSE_SIGN_RSA_SHA256, rsa2048_signature);
}

TEST(refused_with_a_reason) {
  char text[8192];
  check_refused(rsa2048_pkcs1_encrypted, strlen(rsa2048_pkcs1_encrypted), BOURSE__SECRET_TEXT, "encrypted");
  check_refused(rsa2048_pkcs8_encrypted, strlen(rsa2048_pkcs8_encrypted), BOURSE__SECRET_TEXT, "encrypted");
  replace(text, sizeof text, ec_pkcs8, "BEGIN PRIVATE", "BEGIN OPENSSH PRIVATE");
  check_refused(text, strlen(text), BOURSE__SECRET_TEXT, "OpenSSH");
  replace(text, sizeof text, ec_pkcs8, "BEGIN PRIVATE", "BEGIN DSA PRIVATE");
  check_refused(text, strlen(text), BOURSE__SECRET_TEXT, "DSA");
  replace(text, sizeof text, ec_pkcs8, "BEGIN PRIVATE", "BEGIN STRANGE PRIVATE");
  check_refused(text, strlen(text), BOURSE__SECRET_TEXT, "no line \"-----BEGIN PRIVATE KEY-----\"");
  replace(text, sizeof text, ec_pkcs8, "-----BEGIN", "----BEGIN");
  check_refused(text, strlen(text), BOURSE__SECRET_TEXT, "no line");
  check_refused("PRIVATE KEY", 11, BOURSE__SECRET_TEXT, "no line");
  replace(text, sizeof text, ec_pkcs8, "END PRIVATE", "END EC PRIVATE");
  check_refused(text, strlen(text), BOURSE__SECRET_TEXT, "-----END PRIVATE KEY-----");
  replace(text, sizeof text, ec_pkcs8, "MIG", "M*G");
  check_refused(text, strlen(text), BOURSE__SECRET_TEXT, "base64");
  check_refused("-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----", 52, BOURSE__SECRET_TEXT, "base64");
  /* The form named on the BEGIN line is the form expected. */
  replace(text, sizeof text, ec_sec1, "EC PRIVATE", "PRIVATE");
  check_refused(text, strlen(text), BOURSE__SECRET_TEXT, "PKCS#8");
  replace(text, sizeof text, rsa2048_pkcs1, "RSA PRIVATE", "EC PRIVATE");
  check_refused(text, strlen(text), BOURSE__SECRET_TEXT, "EC part");
}

TEST(cut_off_anywhere) {
  size_t whole = strlen(ec_sec1) - 1; /* the last line break is not needed */
  for (size_t length = 1; length < whole; length++) {
    char text[BOURSE__SIGNER_ERROR_SIZE] = "";
    bourse_signer *signer = NULL;
    int32_t result = bourse__signer_new(&signer, NULL, ec_sec1, length, BOURSE__SECRET_TEXT, text, sizeof text);
    /* Before the words "PRIVATE KEY" are complete it may pass for the key of an HMAC. */
    if (length < strlen("-----BEGIN EC PRIVATE KEY")) {
      CHECK_INT(result, text[0] == '\0' ? BOURSE_OK : BOURSE_ERROR_CREDENTIALS);
    } else if (result != BOURSE_ERROR_CREDENTIALS || text[0] == '\0') {
      TEST_FAIL("cut at %zu: %d \"%s\"", length, result, text);
    }
    bourse__signer_free(signer);
  }
}

TEST(a_nul_within) {
  char text[1024];
  snprintf(text, sizeof text, "%s", ec_sec1);
  text[40] = '\0';
  check_refused(text, strlen(ec_sec1), BOURSE__SECRET_TEXT, "damaged");
}

TEST_MAIN()
