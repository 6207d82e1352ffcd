/* fuzz_seal.c - unsealing arbitrary bytes, with a key and with a passphrase. What opens must have been sealed. */
#include <bourse/error.h>
#include <bourse/seal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The plaintext is a byte larger than an honest record allows, so that any write past it is seen. */
static void unseal(const uint8_t *data, size_t size, const bourse_seal_options *options) {
  size_t room = bourse_unseal_size(size), length = 99;
  uint8_t *out = malloc(room + 1);
  if (out == NULL) return;
  memset(out, 0xEE, room + 1);
  int32_t result = bourse_unseal(out, room, &length, data, size, options);
  if (result == BOURSE_OK ? length != room : length != 0) abort();
  for (size_t i = result == BOURSE_OK ? room : 0; i <= room; i++)
    if (out[i] != 0xEE) abort();
  free(out);
}

/* Seals what was given, and expects it back, and nothing back after one byte was changed. */
static void round_trip(const uint8_t *data, size_t size, const bourse_seal_options *options) {
  size_t length = 0, room = bourse_seal_size(size);
  uint8_t *record = malloc(room), *out = malloc(size + 1);
  if (record != NULL && out != NULL) {
    if (bourse_seal(record, room, &length, data, size, options) != BOURSE_OK || length != room) abort();
    if (bourse_unseal(out, size, &length, record, room, options) != BOURSE_OK) abort();
    if (length != size || memcmp(out, data, size) != 0) abort();
    record[data[0] % room] ^= (uint8_t)(data[size - 1] | 1);
    if (bourse_unseal(out, size, &length, record, room, options) == BOURSE_OK) abort();
  }
  free(record);
  free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const uint8_t key[BOURSE_SEAL_KEY_SIZE] = {1, 2, 3};
  bourse_seal_options options = BOURSE_SEAL_OPTIONS_INIT;
  options.owner = "owner";
  options.exchange = "exchange";
  options.key = key;
  options.key_size = sizeof key;
  unseal(data, size, &options);
  if (size > 0 && size <= 4096) round_trip(data, size, &options);
  /* With a passphrase the record says how much memory is worked through: little, or so much that it is refused. */
  if (size >= 16 && (data[13] > 4 || data[14] != 0) && data[15] == 0) return 0;
  options.key = NULL;
  options.key_size = 0;
  options.passphrase = "passphrase";
  unseal(data, size, &options);
  return 0;
}
