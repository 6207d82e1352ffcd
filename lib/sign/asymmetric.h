/* sign/asymmetric.h - RSA and ECDSA by mbedTLS, whose interface differs between 2.28 and 3. */
#ifndef SIGN_ASYMMETRIC_H
#define SIGN_ASYMMETRIC_H

#include <mbedtls/ecp.h>

#include <bourse/base.h>

#define BOURSE__RSA_BITS_MIN 2048
#define BOURSE__RSA_BITS_MAX 4096

/* Reads a PKCS#1 private key and checks that its numbers belong together. *bits is set when the key could be read, also
 * when its size is outside the limits above. BOURSE_ERROR_CREDENTIALS, BOURSE_ERROR_MEMORY. */
int32_t bourse__rsa_check(uint32_t *bits, const uint8_t *der, size_t length);

/* PKCS#1 v1.5 with SHA-256; `out` holds as many bytes as the key's modulus.
 * BOURSE_ERROR_CRYPTO, BOURSE_ERROR_MEMORY. */
int32_t bourse__rsa_sign(uint8_t *out, const uint8_t *der, size_t der_length, const void *message, size_t length);

/* Loads P-256 into *group, which the caller has initialised and frees, and checks that the secret is in range and, if
 * a public key is given (length > 0; compressed or not), that it belongs to it. The group holds nothing secret; it is
 * kept because mbedTLS 2.28 builds a table of multiples of the generator in it at its first use.
 * BOURSE_ERROR_CREDENTIALS, BOURSE_ERROR_MEMORY. */
int32_t bourse__ecdsa_check(mbedtls_ecp_group *group, const uint8_t secret[32], const uint8_t *public_key,
                            size_t public_length);

/* r || s over SHA-256 of the message. BOURSE_ERROR_CRYPTO, BOURSE_ERROR_MEMORY. */
int32_t bourse__ecdsa_sign(uint8_t out[64], mbedtls_ecp_group *group, const uint8_t secret[32], const void *message,
                           size_t length);

#endif
