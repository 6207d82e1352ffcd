/* sign/secret.h - memory for secrets: between guard pages, locked against swapping and left out of core dumps as far as
 * the system's limits allow, and not accessible except between open and close. */
#ifndef SIGN_SECRET_H
#define SIGN_SECRET_H

#include <bourse/base.h>

/* All zero: holds nothing. */
typedef struct bourse__secret {
  uint8_t *data; /* aligned to 16 bytes */
  size_t size;
} bourse__secret;

/* Starts the crypto library. Idempotent; any thread. BOURSE_ERROR_CRYPTO when it does not start. */
int32_t bourse__crypto_start(void);

/* Zeroed, and open for reading and writing until the first close. BOURSE_ERROR_MEMORY, BOURSE_ERROR_CRYPTO. */
int32_t bourse__secret_new(bourse__secret *secret, size_t size);

/* Open for reading. BOURSE_ERROR_CRYPTO when the system refuses. */
int32_t bourse__secret_open(const bourse__secret *secret);

/* Not accessible from here on. BOURSE_ERROR_CRYPTO when the system refuses: the secret is then still readable. */
int32_t bourse__secret_close(const bourse__secret *secret);

/* Wipes, frees, and leaves the struct all zero. Open or closed; one that holds nothing is fine. */
void bourse__secret_free(bourse__secret *secret);

#endif
