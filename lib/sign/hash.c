/* sign/hash.c - plain hashes, and wiping. */
#include <sodium.h>

#include <bourse/sys/signer.h>

void bourse_sha256(uint8_t out[32], const void *data, size_t length) {
  crypto_hash_sha256(out, data, length);
}

void bourse_sha512(uint8_t out[64], const void *data, size_t length) {
  crypto_hash_sha512(out, data, length);
}

void bourse_wipe(void *memory, size_t size) {
  if (memory != NULL) sodium_memzero(memory, size);
}
