/* sign/secret.c - memory for secrets. */
#include "sign/secret.h"

#include <sodium.h>

#include <bourse/error.h>

int32_t bourse__crypto_start(void) {
  return sodium_init() < 0 ? BOURSE_ERROR_CRYPTO : BOURSE_OK;
}

int32_t bourse__secret_new(bourse__secret *secret, size_t size) {
  secret->data = NULL;
  secret->size = 0;
  if (bourse__crypto_start() != BOURSE_OK) return BOURSE_ERROR_CRYPTO;
  if (size > SIZE_MAX - 15) return BOURSE_ERROR_MEMORY;
  /* The end of the memory touches the guard page, so its start is aligned only when the size is a multiple. */
  size_t padded = (size + 15) & ~(size_t)15;
  if (padded == 0) padded = 16;
  secret->data = sodium_malloc(padded);
  if (secret->data == NULL) return BOURSE_ERROR_MEMORY;
  sodium_memzero(secret->data, padded);
  secret->size = size;
  return BOURSE_OK;
}

int32_t bourse__secret_open(const bourse__secret *secret) {
  return sodium_mprotect_readonly(secret->data) != 0 ? BOURSE_ERROR_CRYPTO : BOURSE_OK;
}

int32_t bourse__secret_close(const bourse__secret *secret) {
  return sodium_mprotect_noaccess(secret->data) != 0 ? BOURSE_ERROR_CRYPTO : BOURSE_OK;
}

void bourse__secret_free(bourse__secret *secret) {
  sodium_free(secret->data); /* wipes before it unmaps */
  secret->data = NULL;
  secret->size = 0;
}
