#include <bourse/seal.h>
#include <mbedtls/gcm.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "failing_calloc.h"
#include "sign/backend.h"
#include "helpers.h"

static const char plain[] = "{\"key\":\"k\",\"secret\":\"s\"}";
#define PLAIN_SIZE (sizeof plain - 1)
#define RECORD_SIZE (PLAIN_SIZE + BOURSE_SEAL_OVERHEAD)

/* Where things stand in a record, by the layout in bourse/seal.h. */
enum { AT_VERSION = 6, AT_PASSES = 8, AT_MEMORY = 12, AT_SALT = 16, AT_NONCE = 32, AT_LENGTH = 44, AT_TEXT = 48 };

/* Made from the documentation alone in Python with the cryptography package. Key 40..5f, salt 00..0f, nonce 80..8b;
 * passphrase "correct horse" with 2 passes over 1024 KiB; owner "user 17", exchange "kraken". */
static const char host_record[] =
    "626f7572736501020000000000000000000102030405060708090a0b0c0d0e0f808182838485868788898a8b18000000"
    "6a5e5799e4f6ac70cd5164777cf8c2fdf35be1106dbf202f9ac45f475906fb9f34caa7b2cd418a85";
static const char passphrase_record[] =
    "626f7572736501010200000000040000000102030405060708090a0b0c0d0e0f808182838485868788898a8b18000000"
    "45d8b0416b8caab7ad1feba3ece1c8a9f3b595adc9913e642799ac529a8893ef548397f78b88fe71";

static uint8_t host_key[32];

static bourse_seal_options by_key(void) {
  bourse_seal_options options = BOURSE_SEAL_OPTIONS_INIT;
  for (int i = 0; i < 32; i++) host_key[i] = (uint8_t)(0x40 + i);
  options.key = host_key;
  options.key_size = sizeof host_key;
  options.owner = "user 17";
  options.exchange = "kraken";
  return options;
}

static bourse_seal_options by_passphrase(const char *passphrase) {
  bourse_seal_options options = BOURSE_SEAL_OPTIONS_INIT;
  options.passphrase = passphrase;
  options.owner = "user 17";
  options.exchange = "kraken";
  return options;
}

/* That unsealing fails so, writes nothing, and tells no length. */
static void check_unseal_fails(const uint8_t *record, size_t length, const bourse_seal_options *options,
                               int32_t expected, const char *what, size_t where) {
  uint8_t out[256];
  size_t out_length = 99;
  memset(out, 0xEE, sizeof out);
  int32_t result = bourse_unseal(out, sizeof out, &out_length, record, length, options);
  if (result != expected) TEST_FAIL("%s %zu: %d, expected %d", what, where, result, expected);
  if (out_length != 0) TEST_FAIL("%s %zu: a length", what, where);
  for (size_t i = 0; i < sizeof out; i++)
    if (out[i] != 0xEE) {
      TEST_FAIL("%s %zu: something was written", what, where);
      break;
    }
}

static void check_unseals(const uint8_t *record, size_t length, const bourse_seal_options *options) {
  uint8_t out[256];
  size_t out_length = 0;
  CHECK_INT(bourse_unseal(out, PLAIN_SIZE, &out_length, record, length, options), BOURSE_OK);
  CHECK_INT(out_length, PLAIN_SIZE);
  CHECK(memcmp(out, plain, PLAIN_SIZE) == 0);
}

TEST(records_made_elsewhere) {
  uint8_t record[256];
  bourse_seal_options key = by_key(), passphrase = by_passphrase("correct horse");
  size_t length = from_hex(record, sizeof record, host_record);
  CHECK_INT(length, RECORD_SIZE);
  check_unseals(record, length, &key);
  length = from_hex(record, sizeof record, passphrase_record);
  check_unseals(record, length, &passphrase);
}

/* Opens a record as another program would, from the documentation. */
static void check_layout(const uint8_t *record, const uint8_t aes_key[32]) {
  uint8_t associated[48 + 4 + 7 + 4 + 6], out[PLAIN_SIZE];
  mbedtls_gcm_context gcm;
  memcpy(associated, record, 48);
  memcpy(associated + 48, "\7\0\0\0user 17\6\0\0\0kraken", 21);
  mbedtls_gcm_init(&gcm);
  CHECK_INT(mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, aes_key, 256), 0);
  CHECK_INT(mbedtls_gcm_auth_decrypt(&gcm, PLAIN_SIZE, record + AT_NONCE, 12, associated, sizeof associated,
                                     record + AT_TEXT + PLAIN_SIZE, 16, record + AT_TEXT, out), 0);
  CHECK(memcmp(out, plain, PLAIN_SIZE) == 0);
  mbedtls_gcm_free(&gcm);
}

/* The AES key of a record sealed with host_key, as another program would make it. */
static void derive_by_layout(uint8_t aes_key[32], const uint8_t *record) {
  uint8_t input[13 + 16];
  crypto_auth_hmacsha256_state state;
  memcpy(input, "bourse seal 1", 13);
  memcpy(input + 13, record + AT_SALT, 16);
  crypto_auth_hmacsha256_init(&state, host_key, sizeof host_key);
  crypto_auth_hmacsha256_update(&state, input, sizeof input);
  crypto_auth_hmacsha256_final(&state, aes_key);
}

TEST(round_trip_with_a_key) {
  uint8_t record[RECORD_SIZE], again[RECORD_SIZE], aes_key[32];
  size_t length = 0;
  bourse_seal_options options = by_key();
  CHECK_INT(bourse_seal_size(PLAIN_SIZE), RECORD_SIZE);
  CHECK_INT(bourse_seal(record, sizeof record, &length, plain, PLAIN_SIZE, &options), BOURSE_OK);
  CHECK_INT(length, RECORD_SIZE);
  check_unseals(record, length, &options);
  CHECK(memcmp(record, "bourse\1\2\0\0\0\0\0\0\0\0", 16) == 0);
  CHECK(memcmp(record + AT_LENGTH, "\x18\0\0\0", 4) == 0);
  derive_by_layout(aes_key, record);
  check_layout(record, aes_key);
  CHECK_INT(bourse_seal(again, sizeof again, &length, plain, PLAIN_SIZE, &options), BOURSE_OK);
  CHECK(memcmp(record + AT_SALT, again + AT_SALT, 16) != 0);
  CHECK(memcmp(record + AT_NONCE, again + AT_NONCE, 12) != 0);
  CHECK(memcmp(record + AT_TEXT, again + AT_TEXT, PLAIN_SIZE) != 0);
}

static void check_strength(int32_t strength, uint32_t passes, uint32_t kib) {
  uint8_t record[RECORD_SIZE], aes_key[32];
  size_t length = 0;
  bourse_seal_options options = by_passphrase("correct horse battery staple"), wrong = by_passphrase("correct horse");
  options.strength = strength;
  CHECK_INT(bourse_seal(record, sizeof record, &length, plain, PLAIN_SIZE, &options), BOURSE_OK);
  CHECK(memcmp(record, "bourse\1\1", 8) == 0);
  CHECK_INT(record[AT_PASSES] | record[AT_PASSES + 1] << 8, passes);
  CHECK_INT(record[AT_MEMORY] | record[AT_MEMORY + 1] << 8 | record[AT_MEMORY + 2] << 16, kib);
  options.strength = 0; /* unsealing goes by the record */
  check_unseals(record, length, &options);
  check_unseal_fails(record, length, &wrong, BOURSE_ERROR_CRYPTO, "wrong passphrase", 0);
  CHECK_INT(crypto_pwhash(aes_key, 32, options.passphrase, strlen(options.passphrase), record + AT_SALT, passes,
                          (size_t)kib * 1024, crypto_pwhash_ALG_ARGON2ID13), 0);
  check_layout(record, aes_key);
}

TEST(round_trip_with_a_passphrase) {
  check_strength(0, 2, 65536);
  if (under_valgrind() || UNDER_ASAN) return; /* the stronger ones take minutes there */
  check_strength(BOURSE_SEAL_INTERACTIVE, 2, 65536);
  check_strength(BOURSE_SEAL_MODERATE, 3, 262144);
}

TEST(nothing_and_the_most) {
  uint8_t record[BOURSE_SEAL_OVERHEAD], out[1];
  size_t length = 0, out_length = 99;
  bourse_seal_options options = by_key();
  CHECK_INT(bourse_seal(record, sizeof record, &length, NULL, 0, &options), BOURSE_OK);
  CHECK_INT(length, BOURSE_SEAL_OVERHEAD);
  CHECK_INT(bourse_unseal(NULL, 0, &out_length, record, length, &options), BOURSE_OK);
  CHECK_INT(out_length, 0);
  record[50] ^= 1;
  CHECK_INT(bourse_unseal(out, 1, &out_length, record, length, &options), BOURSE_ERROR_CRYPTO);
  uint8_t *large = calloc(1, BOURSE_SEAL_PLAIN_MAX + 1), *sealed = malloc(BOURSE_SEAL_PLAIN_MAX + BOURSE_SEAL_OVERHEAD);
  if (large != NULL && sealed != NULL) {
    size_t room = BOURSE_SEAL_PLAIN_MAX + BOURSE_SEAL_OVERHEAD;
    CHECK_INT(bourse_seal(sealed, room, &length, large, BOURSE_SEAL_PLAIN_MAX, &options), BOURSE_OK);
    large[7] = 1;
    CHECK_INT(bourse_unseal(large, BOURSE_SEAL_PLAIN_MAX, &out_length, sealed, length, &options), BOURSE_OK);
    CHECK_INT(out_length, BOURSE_SEAL_PLAIN_MAX);
    CHECK(sodium_is_zero(large, BOURSE_SEAL_PLAIN_MAX));
    CHECK_INT(bourse_seal(sealed, room, &length, large, BOURSE_SEAL_PLAIN_MAX + 1, &options), BOURSE_ERROR_ARGUMENT);
  }
  free(large);
  free(sealed);
}

TEST(sizes) {
  CHECK_INT(bourse_seal_size(0), 64);
  CHECK_INT(bourse_seal_size(BOURSE_SEAL_PLAIN_MAX), BOURSE_SEAL_PLAIN_MAX + 64);
  CHECK_INT(bourse_seal_size(BOURSE_SEAL_PLAIN_MAX + 1), 0);
  CHECK_INT(bourse_seal_size(SIZE_MAX), 0);
  CHECK_INT(bourse_unseal_size(63), 0);
  CHECK_INT(bourse_unseal_size(64), 0);
  CHECK_INT(bourse_unseal_size(65), 1);
  CHECK_INT(bourse_unseal_size(BOURSE_SEAL_PLAIN_MAX + 65), 0);
  CHECK_INT(bourse_unseal_size(SIZE_MAX), 0);
}

/* Each single bit of a record matters. */
TEST(every_bit_matters) {
  uint8_t record[RECORD_SIZE];
  bourse_seal_options options = by_key();
  from_hex(record, sizeof record, host_record);
  for (size_t i = 0; i < sizeof record; i++)
    for (int bit = 0; bit < 8; bit++) {
      record[i] ^= (uint8_t)(1 << bit);
      int32_t expected = i == AT_VERSION && bit > 0 ? BOURSE_ERROR_UNSUPPORTED : BOURSE_ERROR_CRYPTO;
      check_unseal_fails(record, sizeof record, &options, expected, "bit of byte", i);
      record[i] ^= (uint8_t)(1 << bit);
    }
  check_unseals(record, sizeof record, &options);
}

/* The same with a passphrase; one bit of a byte, those of the cost low so that the record stays cheap. */
TEST(every_byte_matters_with_a_passphrase) {
  uint8_t record[RECORD_SIZE];
  bourse_seal_options options = by_passphrase("correct horse");
  from_hex(record, sizeof record, passphrase_record);
  for (size_t i = 0; i < sizeof record; i++) {
    record[i] ^= 1;
    check_unseal_fails(record, sizeof record, &options, BOURSE_ERROR_CRYPTO, "byte", i);
    record[i] ^= 1;
  }
  record[AT_PASSES] = 3;
  check_unseal_fails(record, sizeof record, &options, BOURSE_ERROR_CRYPTO, "passes", 3);
  record[AT_PASSES] = 2;
  record[AT_MEMORY + 1] = 8;
  check_unseal_fails(record, sizeof record, &options, BOURSE_ERROR_CRYPTO, "memory", 8);
  record[AT_MEMORY + 1] = 4;
  check_unseals(record, sizeof record, &options);
}

TEST(cut_off_or_longer) {
  uint8_t record[RECORD_SIZE + 1];
  bourse_seal_options options = by_key();
  from_hex(record, sizeof record, host_record);
  for (size_t length = 0; length < RECORD_SIZE; length++) {
    /* A copy of its own size, so that the sanitizer sees a read past the end. */
    uint8_t *copy = malloc(length + 1);
    if (copy == NULL) return;
    memcpy(copy, record, length);
    check_unseal_fails(copy, length, &options, BOURSE_ERROR_CRYPTO, "cut at", length);
    if (length > AT_TEXT) { /* also with the length inside the record corrected */
      copy[AT_LENGTH] = (uint8_t)(length >= BOURSE_SEAL_OVERHEAD ? length - BOURSE_SEAL_OVERHEAD : 0);
      check_unseal_fails(copy, length, &options, BOURSE_ERROR_CRYPTO, "cut and corrected at", length);
    }
    free(copy);
  }
  record[RECORD_SIZE] = 0;
  check_unseal_fails(record, RECORD_SIZE + 1, &options, BOURSE_ERROR_CRYPTO, "longer", 1);
  record[AT_LENGTH]++;
  check_unseal_fails(record, RECORD_SIZE + 1, &options, BOURSE_ERROR_CRYPTO, "longer and corrected", 1);
}

/* Even one who has the key cannot make a record that tells another length than it has. */
TEST(false_length_under_a_true_tag) {
  uint8_t record[RECORD_SIZE], aes_key[32], associated[48 + 21];
  mbedtls_gcm_context gcm;
  bourse_seal_options options = by_key();
  from_hex(record, sizeof record, host_record);
  derive_by_layout(aes_key, record);
  for (int difference = 0; difference < 2; difference++) {
    record[AT_LENGTH] = (uint8_t)(PLAIN_SIZE - (size_t)difference);
    memcpy(associated, record, 48);
    memcpy(associated + 48, "\7\0\0\0user 17\6\0\0\0kraken", 21);
    mbedtls_gcm_init(&gcm);
    CHECK_INT(mbedtls_gcm_setkey(&gcm, MBEDTLS_CIPHER_ID_AES, aes_key, 256), 0);
    CHECK_INT(mbedtls_gcm_crypt_and_tag(&gcm, MBEDTLS_GCM_ENCRYPT, PLAIN_SIZE, record + AT_NONCE, 12, associated,
                                        sizeof associated, (const uint8_t *)plain, record + AT_TEXT, 16,
                                        record + AT_TEXT + PLAIN_SIZE), 0);
    mbedtls_gcm_free(&gcm);
    if (difference == 0)
      check_unseals(record, sizeof record, &options);
    else
      check_unseal_fails(record, sizeof record, &options, BOURSE_ERROR_CRYPTO, "false length", 1);
  }
}

TEST(bound_to_owner_exchange_and_key) {
  uint8_t record[RECORD_SIZE], other_key[32] = {1};
  static const char *const names[][2] = {{"user 18", "kraken"}, {"user 17", "binance"}, {"", "kraken"}, {"user 17", ""},
                                         {"user 17kraken", ""}, {"", "user 17kraken"}, {"user 1", "7kraken"},
                                         {"kraken", "user 17"}, {"user 17", "krakenx"}, {"User 17", "kraken"}};
  bourse_seal_options options = by_key(), passphrase = by_passphrase("correct horse");
  from_hex(record, sizeof record, host_record);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    options.owner = names[i][0];
    options.exchange = names[i][1];
    check_unseal_fails(record, sizeof record, &options, BOURSE_ERROR_CRYPTO, "names", i);
  }
  options = by_key();
  options.key = other_key;
  check_unseal_fails(record, sizeof record, &options, BOURSE_ERROR_CRYPTO, "other key", 0);
  check_unseal_fails(record, sizeof record, &passphrase, BOURSE_ERROR_CRYPTO, "passphrase for key", 0);
  from_hex(record, sizeof record, passphrase_record);
  options = by_key();
  check_unseal_fails(record, sizeof record, &options, BOURSE_ERROR_CRYPTO, "key for passphrase", 0);
  passphrase.passphrase = "correct horse ";
  check_unseal_fails(record, sizeof record, &passphrase, BOURSE_ERROR_CRYPTO, "wrong passphrase", 0);
}

/* What a record asks for is refused before it is spent: each of these would take minutes or gigabytes. */
TEST(hostile_cost) {
  static const uint32_t costs[][2] = {{0, 1024},          {17, 1024},         {0xFFFFFFFF, 1024}, {2, 0},
                                      {2, 7},             {2, 262145},        {2, 0x00400000},    {2, 0xFFFFFFFF},
                                      {0xFFFFFFFF, 0xFFFFFFFF}, {0, 0},       {0x02000000, 1024}};
  uint8_t record[RECORD_SIZE];
  bourse_seal_options options = by_passphrase("correct horse");
  struct timespec before, after;
  timespec_get(&before, TIME_UTC);
  for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++) {
    from_hex(record, sizeof record, passphrase_record);
    for (int j = 0; j < 4; j++) {
      record[AT_PASSES + j] = (uint8_t)(costs[i][0] >> (8 * j));
      record[AT_MEMORY + j] = (uint8_t)(costs[i][1] >> (8 * j));
    }
    check_unseal_fails(record, sizeof record, &options, BOURSE_ERROR_CRYPTO, "cost", i);
  }
  timespec_get(&after, TIME_UTC);
  CHECK(after.tv_sec - before.tv_sec <= 1);
}

static void check_options(const bourse_seal_options *options, int32_t expected) {
  uint8_t record[RECORD_SIZE], out[256];
  size_t length = 99;
  CHECK_INT(bourse_seal(record, sizeof record, &length, plain, PLAIN_SIZE, options), expected);
  CHECK_INT(length, 0);
  from_hex(record, sizeof record, host_record);
  length = 99;
  CHECK_INT(bourse_unseal(out, sizeof out, &length, record, sizeof record, options), expected);
  CHECK_INT(length, 0);
}

TEST(options_refused) {
  static char long_text[5000];
  bourse_seal_options options = by_key();
  memset(long_text, 'x', sizeof long_text - 1);
  check_options(NULL, BOURSE_ERROR_ARGUMENT);
  options.passphrase = "both";
  check_options(&options, BOURSE_ERROR_ARGUMENT);
  options = by_passphrase(NULL);
  check_options(&options, BOURSE_ERROR_ARGUMENT);
  options = by_passphrase("");
  check_options(&options, BOURSE_ERROR_ARGUMENT);
  options = by_passphrase(long_text);
  check_options(&options, BOURSE_ERROR_ARGUMENT);
  options = by_passphrase("p");
  options.key_size = 32;
  check_options(&options, BOURSE_ERROR_ARGUMENT);
  options = by_passphrase("p");
  options.strength = 3;
  check_options(&options, BOURSE_ERROR_ARGUMENT);
  options.strength = -1;
  check_options(&options, BOURSE_ERROR_ARGUMENT);
  options = by_key();
  options.key_size = 31;
  check_options(&options, BOURSE_ERROR_ARGUMENT);
  options = by_key();
  options.owner = NULL;
  check_options(&options, BOURSE_ERROR_ARGUMENT);
  options = by_key();
  options.exchange = NULL;
  check_options(&options, BOURSE_ERROR_ARGUMENT);
  options = by_key();
  options.owner = long_text;
  check_options(&options, BOURSE_ERROR_ARGUMENT);
  options = by_key();
  options.exchange = long_text;
  check_options(&options, BOURSE_ERROR_ARGUMENT);
}

TEST(options_of_other_versions) {
  struct {
    bourse_seal_options options;
    uint64_t later;
  } newer = {by_key(), 0};
  uint8_t record[RECORD_SIZE];
  newer.options.struct_size = sizeof newer;
  from_hex(record, sizeof record, host_record);
  check_unseals(record, sizeof record, &newer.options);
  newer.later = 1;
  check_options(&newer.options, BOURSE_ERROR_STRUCT);
  bourse_seal_options options = by_key();
  options.struct_size = 7;
  check_options(&options, BOURSE_ERROR_STRUCT);
  options.struct_size = 0xFFFFFFFF;
  check_options(&options, BOURSE_ERROR_STRUCT);
  options = by_key();
  options.api_version = 2;
  check_options(&options, BOURSE_ERROR_STRUCT);
  /* An older program's struct ends earlier; what it lacks counts as not given. */
  options = by_key();
  options.struct_size = offsetof(bourse_seal_options, exchange);
  check_options(&options, BOURSE_ERROR_ARGUMENT);
  memset(&options, 0xFF, sizeof options);
  CHECK_INT(bourse_seal_options_init(&options, 16), BOURSE_OK);
  CHECK_INT(options.struct_size, 16);
  CHECK_INT(options.api_version, BOURSE_API_VERSION);
  CHECK(options.passphrase == NULL && options.owner != NULL); /* it wrote 16 bytes and no more */
  CHECK_INT(bourse_seal_options_init(NULL, 16), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_seal_options_init(&options, 7), BOURSE_ERROR_ARGUMENT);
}

TEST(room_and_pointers) {
  uint8_t record[RECORD_SIZE], out[PLAIN_SIZE];
  size_t length = 99;
  bourse_seal_options options = by_key();
  CHECK_INT(bourse_seal(record, RECORD_SIZE - 1, &length, plain, PLAIN_SIZE, &options), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(length, 0);
  CHECK_INT(bourse_seal(NULL, RECORD_SIZE, &length, plain, PLAIN_SIZE, &options), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_seal(record, RECORD_SIZE, &length, NULL, PLAIN_SIZE, &options), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_seal(record, RECORD_SIZE, NULL, plain, PLAIN_SIZE, &options), BOURSE_ERROR_ARGUMENT);
  from_hex(record, sizeof record, host_record);
  length = 99;
  CHECK_INT(bourse_unseal(out, PLAIN_SIZE - 1, &length, record, RECORD_SIZE, &options), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(length, 0);
  CHECK_INT(bourse_unseal(NULL, PLAIN_SIZE, &length, record, RECORD_SIZE, &options), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_unseal(out, PLAIN_SIZE, &length, NULL, RECORD_SIZE, &options), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_unseal(out, PLAIN_SIZE, NULL, record, RECORD_SIZE, &options), BOURSE_ERROR_ARGUMENT);
  /* Into the record's own memory: it is opened elsewhere first. */
  CHECK_INT(bourse_unseal(record, sizeof record, &length, record, RECORD_SIZE, &options), BOURSE_OK);
  CHECK(length == PLAIN_SIZE && memcmp(record, plain, PLAIN_SIZE) == 0);
}

/* OpenSSL can do without some of what it asks for. */
static int32_t expected_without_memory(int32_t result) {
  if (!calloc_has_failed || (result == BOURSE_OK && strcmp(bourse__backend_name, "OpenSSL") == 0)) return BOURSE_OK;
  return BOURSE_ERROR_MEMORY;
}

TEST(want_of_memory) {
  uint8_t record[RECORD_SIZE], sealed[RECORD_SIZE], out[PLAIN_SIZE];
  size_t length = 99;
  int failures = 0;
  bourse_seal_options options = by_key();
  if (under_valgrind() || UNDER_ASAN) return;
  from_hex(record, sizeof record, host_record);
  for (long nth = 1; nth < 10; nth++) {
    calloc_fails_at = nth;
    calloc_has_failed = 0;
    int32_t result = bourse_seal(sealed, sizeof sealed, &length, plain, PLAIN_SIZE, &options);
    CHECK_INT(result, expected_without_memory(result));
    CHECK_INT(length, result == BOURSE_OK ? RECORD_SIZE : 0);
    calloc_fails_at = nth;
    calloc_has_failed = 0;
    result = bourse_unseal(out, sizeof out, &length, record, sizeof record, &options);
    CHECK_INT(result, expected_without_memory(result));
    failures += calloc_has_failed;
    calloc_fails_at = 0;
  }
  CHECK(failures > 0);
}

/* A child that may have 128 MiB of memory cannot do what costs 256. */
TEST(want_of_memory_for_the_passphrase) {
  uint8_t record[RECORD_SIZE];
  size_t length = 99;
  int status = -1;
  bourse_seal_options options = by_passphrase("correct horse");
  if (under_valgrind() || UNDER_ASAN) return;
  options.strength = BOURSE_SEAL_MODERATE;
  pid_t child = fork();
  if (child == 0) {
    struct rlimit limit = {(rlim_t)128 << 20, (rlim_t)128 << 20};
    setrlimit(RLIMIT_AS, &limit);
    int32_t result = bourse_seal(record, sizeof record, &length, plain, PLAIN_SIZE, &options);
    _exit(result == BOURSE_ERROR_MEMORY && length == 0 && sodium_is_zero(record, sizeof record) ? 0 : 1);
  }
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_MAIN()
