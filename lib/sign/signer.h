/* sign/signer.h - making and ending signers. Using them is public: bourse/sys/signer.h. */
#ifndef SIGN_SIGNER_H
#define SIGN_SIGNER_H

#include <bourse/sys/arena.h>
#include <bourse/sys/json.h>
#include <bourse/sys/signer.h>

/* How the text of a secret is to be read. With TEXT and ED25519_BASE64, a text that contains "PRIVATE KEY" is PEM: an
 * unencrypted PKCS#8, SEC1 or PKCS#1 key, RSA of 2048 to 4096 bits, EC on P-256, or Ed25519. Its line breaks may be
 * written as backslash and n, and it may stand inside other text, as in downloaded JSON key files. With ED25519_BASE64
 * such a file may hold the base64 too. */
#define BOURSE__SECRET_TEXT           0 /* else the bytes as given are an HMAC key */
#define BOURSE__SECRET_BASE64         1 /* base64 of an HMAC key */
#define BOURSE__SECRET_ED25519_BASE64 2 /* else base64 of a seed (32 bytes), seed and public key (64), PKCS#8 (48) */

/* Enough for every error text of this file. */
#define BOURSE__SIGNER_ERROR_SIZE 160

/* Makes a signer of the secret; the caller wipes its own copy. The allocator is copied; NULL: malloc and free. On
 * failure *out is NULL and error_text (unless NULL) says what is wrong, without any part of the secret:
 *   BOURSE_ERROR_CREDENTIALS: empty, malformed, encrypted, of a kind or size not supported, halves that do not match;
 *   BOURSE_ERROR_MEMORY; BOURSE_ERROR_CRYPTO: the crypto library does not start;
 *   BOURSE_ERROR_ARGUMENT: NULL, or no such encoding. */
int32_t bourse__signer_new(bourse_signer **out, const bourse_allocator *allocator, const char *secret, size_t length,
                           int32_t encoding, char *error_text, size_t error_text_size);

/* The name of the key in the text of a JSON key file, {"name" or "id": ..., "privateKey": ...}: a slice into it, as it
 * stands between its quotes. Empty when this is no such file, or it names none. */
bourse_slice bourse__key_file_name(const char *text, size_t length);

/* A signer that asks the host: `kind` is BOURSE_KEY_*. Errors: BOURSE_ERROR_ARGUMENT (no function, no such kind),
 * BOURSE_ERROR_MEMORY. */
int32_t bourse__signer_new_host(bourse_signer **out, const bourse_allocator *allocator, int32_t kind,
                                bourse_sign_function function, void *user_data);

/* A second secret for exchanges that want one sent along; it replaces an earlier one. From 1 byte to
 * BOURSE_PASSPHRASE_SIZE_MAX - 1 bytes without control characters (it travels in a header), else
 * BOURSE_ERROR_CREDENTIALS. Also BOURSE_ERROR_MEMORY, BOURSE_ERROR_CRYPTO; BOURSE_ERROR_ARGUMENT for NULL. */
int32_t bourse__signer_add_passphrase(bourse_signer *signer, const char *passphrase, size_t length);

/* Wipes and frees. NULL is fine. */
void bourse__signer_free(bourse_signer *signer);

#endif
