/* sign/jwt.c - compact signed tokens (RFC 7515, RFC 7518 section 3.4, RFC 8037). */
#include <string.h>

#include <bourse/error.h>
#include <bourse/sys/signer.h>

const char *bourse_jwt_algorithm(const bourse_signer *signer) {
  switch (bourse_signer_kind(signer)) {
    case BOURSE_KEY_ECDSA_P256: return "ES256";
    case BOURSE_KEY_ED25519: return "EdDSA";
    default: return NULL;
  }
}

int32_t bourse_jwt_sign(bourse_text *out, bourse_signer *signer, const char *header_json, const char *payload_json) {
  uint8_t signature[64];
  size_t signature_length = 0;
  if (out == NULL || signer == NULL || header_json == NULL || payload_json == NULL) return BOURSE_ERROR_ARGUMENT;
  if (bourse_jwt_algorithm(signer) == NULL) return BOURSE_ERROR_CRYPTO;
  int32_t algorithm =
      bourse_signer_kind(signer) == BOURSE_KEY_ED25519 ? BOURSE_SIGN_ED25519 : BOURSE_SIGN_ECDSA_P256;
  size_t start = out->length;
  bourse_text_base64url(out, (const uint8_t *)header_json, strlen(header_json));
  bourse_text_char(out, '.');
  bourse_text_base64url(out, (const uint8_t *)payload_json, strlen(payload_json));
  if (out->failed) return BOURSE_ERROR_MEMORY;
  int32_t result = bourse_sign(signer, algorithm, out->data + start, out->length - start, signature, sizeof signature,
                               &signature_length);
  if (result != BOURSE_OK) return result;
  bourse_text_char(out, '.');
  bourse_text_base64url(out, signature, signature_length);
  return out->failed ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}
