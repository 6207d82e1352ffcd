/* bourse/sys/signer.h - signing with a key that is readable only while it signs. Second tier: may change until 1.0. */
#ifndef BOURSE_SYS_SIGNER_H
#define BOURSE_SYS_SIGNER_H

#include <bourse/base.h>
#include <bourse/sys/text.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bourse_signer bourse_signer;

/* Algorithms. The output is raw bytes: 32, 64, 64, the key's size (256..512), 64 (r and s). */
#define BOURSE_SIGN_HMAC_SHA256 1
#define BOURSE_SIGN_HMAC_SHA512 2
#define BOURSE_SIGN_ED25519 3
#define BOURSE_SIGN_RSA_SHA256 4  /* PKCS#1 v1.5 */
#define BOURSE_SIGN_ECDSA_P256 5  /* SHA-256, r || s */

#define BOURSE_SIGNATURE_SIZE_MAX 512

/* Kinds of key. */
#define BOURSE_KEY_HMAC 1
#define BOURSE_KEY_ED25519 2
#define BOURSE_KEY_RSA 3
#define BOURSE_KEY_ECDSA_P256 4

/* A host's own signing, so that the key never enters this process: sign `message` with `algorithm`, write at most
 * out_size bytes, set *out_length. Returns BOURSE_OK or BOURSE_ERROR_CRYPTO. Called on the context's thread. */
typedef int32_t (*bourse_sign_function)(void *user_data, int32_t algorithm, const void *message, size_t length,
                                        uint8_t *out, size_t out_size, size_t *out_length);

/* Kind of the key this signer holds, BOURSE_KEY_*; 0 for NULL. */
BOURSE_API int32_t bourse_signer_kind(const bourse_signer *signer);

/* Signs. On failure *out_length is 0. ECDSA is deterministic (RFC 6979), with mbedTLS where that is built so, as by default.
 * Errors: BOURSE_ERROR_CRYPTO (key of another kind, out too small, or the signing failed), BOURSE_ERROR_MEMORY,
 * BOURSE_ERROR_ARGUMENT (NULL). */
BOURSE_API int32_t bourse_sign(bourse_signer *signer, int32_t algorithm, const void *message, size_t length,
                               uint8_t *out, size_t out_size, size_t *out_length);

/* Room for every passphrase with its NUL. */
#define BOURSE_PASSPHRASE_SIZE_MAX 256

/* Copies out the passphrase that goes with the key, NUL-terminated; wipe the copy with bourse_wipe after use.
 * Errors: BOURSE_ERROR_CREDENTIALS (none was given), BOURSE_ERROR_ARGUMENT (NULL, or out too small),
 * BOURSE_ERROR_CRYPTO. On failure `out` is an empty string if it has any room. */
BOURSE_API int32_t bourse_signer_passphrase(bourse_signer *signer, char *out, size_t out_size);

/* The "alg" of tokens signed with this key: "ES256", "EdDSA"; NULL when its kind is not for tokens. Static string. */
BOURSE_API const char *bourse_jwt_algorithm(const bourse_signer *signer);

/* Appends a compact signed token (RFC 7515): header, payload and signature in base64url, joined by dots. The header and
 * payload are JSON as the caller wrote it; the header's "alg" must be bourse_jwt_algorithm. Errors: those of
 * bourse_sign, and `out` may then hold part of a token; BOURSE_ERROR_MEMORY. */
BOURSE_API int32_t bourse_jwt_sign(bourse_text *out, bourse_signer *signer, const char *header_json,
                                   const char *payload_json);

/* Plain hashes, for exchanges that sign a hash: 32 and 64 bytes. */
BOURSE_API void bourse_sha256(uint8_t out[32], const void *data, size_t length);
BOURSE_API void bourse_sha512(uint8_t out[64], const void *data, size_t length);

/* Overwrites with zeros in a way the compiler keeps. */
BOURSE_API void bourse_wipe(void *memory, size_t size);

#ifdef __cplusplus
}
#endif
#endif
