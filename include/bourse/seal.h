/* bourse/seal.h - sealing credentials, so that a host can store them: AES-256-GCM under a key that comes from a
 * passphrase or from the host, bound to an owner and an exchange. Where the sealed bytes are kept is the host's affair.
 *
 *   uint8_t record[512];
 *   size_t length;
 *   bourse_seal_options options = BOURSE_SEAL_OPTIONS_INIT;
 *   options.passphrase = "...";
 *   options.owner = "user 17";
 *   options.exchange = "kraken";
 *   int32_t error = bourse_seal(record, sizeof record, &length, secret, strlen(secret), &options);
 *
 * A record, version 1. Integers are little-endian.
 *
 *   offset  size
 *        0     6  "bourse"
 *        6     1  version: 1
 *        7     1  where the key comes from: 1 passphrase, 2 the host
 *        8     4  passphrase: passes of Argon2id; host: 0
 *       12     4  passphrase: memory of Argon2id in KiB; host: 0
 *       16    16  salt, random
 *       32    12  nonce, random
 *       44     4  n, bytes of plaintext
 *       48     n  ciphertext
 *   48 + n    16  tag of AES-256-GCM
 *
 * The AES key, 32 bytes: from a passphrase, Argon2id version 1.3 of it with that salt, passes and memory, one lane;
 * from a host's key, HMAC-SHA256 with it over "bourse seal 1" (13 bytes) and the salt. The associated data is the first
 * 48 bytes of the record, then the owner and the exchange, each as its length in 4 bytes and its bytes. */
#ifndef BOURSE_SEAL_H
#define BOURSE_SEAL_H

#include <bourse/base.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BOURSE_SEAL_OVERHEAD 64         /* a record is longer than its plaintext by this */
#define BOURSE_SEAL_PLAIN_MAX 1048576   /* bytes of plaintext, at most */
#define BOURSE_SEAL_NAME_MAX 1024       /* bytes of owner and of exchange, at most */
#define BOURSE_SEAL_PASSPHRASE_MAX 4096 /* bytes of passphrase, at most */
#define BOURSE_SEAL_KEY_SIZE 32         /* bytes of a host's key */

/* What guessing one passphrase costs, and so what each seal and unseal with it costs. */
#define BOURSE_SEAL_INTERACTIVE 1 /* 2 passes over 64 MiB; about 0.1 s */
#define BOURSE_SEAL_MODERATE 2    /* 3 passes over 256 MiB; about 0.7 s */

/* Records that ask for more are refused before any work is done. */
#define BOURSE_SEAL_PASSES_MAX 16
#define BOURSE_SEAL_MEMORY_KIB_MAX 262144

typedef struct bourse_seal_options {
  uint32_t struct_size;
  uint32_t api_version;
  const char *passphrase; /* not empty; either this or key */
  const uint8_t *key;     /* key_size uniformly random bytes, such as a key store gives */
  uint32_t key_size;      /* with key: BOURSE_SEAL_KEY_SIZE; else 0 */
  int32_t strength;       /* with passphrase, for bourse_seal: BOURSE_SEAL_*; 0: BOURSE_SEAL_INTERACTIVE */
  const char *owner;      /* whose credentials, in the host's terms; not NULL */
  const char *exchange;   /* for which exchange; not NULL */
} bourse_seal_options;

#define BOURSE_SEAL_OPTIONS_INIT { sizeof(bourse_seal_options), BOURSE_API_VERSION, NULL, NULL, 0, 0, NULL, NULL }

/* Zeroes the first `size` bytes of *options and stamps it. Errors: BOURSE_ERROR_ARGUMENT. Any thread. */
BOURSE_API int32_t bourse_seal_options_init(bourse_seal_options *options, uint32_t size);

/* Bytes of a record with `length` bytes of plaintext; 0 when that is more than BOURSE_SEAL_PLAIN_MAX. Any thread. */
BOURSE_API size_t bourse_seal_size(size_t length);

/* Bytes of plaintext in a record of `length` bytes; 0 when it cannot be a record. Any thread. */
BOURSE_API size_t bourse_unseal_size(size_t length);

/* Seals `length` bytes into `out`, which must not overlap them. Sealing the same twice gives different records. On
 * failure *out_length is 0.
 * Errors: BOURSE_ERROR_ARGUMENT (an argument missing, too long, out too small), BOURSE_ERROR_STRUCT,
 * BOURSE_ERROR_MEMORY, BOURSE_ERROR_CRYPTO. Any thread; takes the time and memory that `strength` says. */
BOURSE_API int32_t bourse_seal(uint8_t *out, size_t out_size, size_t *out_length, const void *plain, size_t length,
                               const bourse_seal_options *options);

/* Opens a record. Nothing is written to `out` unless the record is whole, untouched, and was sealed with the same
 * passphrase or key, owner and exchange. On failure *out_length is 0. The caller wipes `out` after use (bourse_wipe).
 * Errors: BOURSE_ERROR_CRYPTO (it is not all that; which of it cannot be told), BOURSE_ERROR_UNSUPPORTED (a record of
 * a later version), BOURSE_ERROR_ARGUMENT (an argument missing, too long, out too small), BOURSE_ERROR_STRUCT,
 * BOURSE_ERROR_MEMORY. Any thread; takes the time and memory that the record says, within the limits above. */
BOURSE_API int32_t bourse_unseal(uint8_t *out, size_t out_size, size_t *out_length, const uint8_t *record,
                                 size_t length, const bourse_seal_options *options);

#ifdef __cplusplus
}
#endif
#endif
