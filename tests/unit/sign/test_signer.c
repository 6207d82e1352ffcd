#include "sign/signer.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/arena.h"
#include "helpers.h"
#include "keys.h"

/* RFC 4231, test cases 1 to 4, 6 and 7, keys in base64. */
static const struct {
  const char *key, *message, *sha256, *sha512;
} rfc4231[] = {
    {"CwsLCwsLCwsLCwsLCwsLCwsLCws=",
     "4869205468657265",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
     "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4"
     "be9d914eeb61f1702e696c203a126854"},
    {"SmVmZQ==",
     "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
     "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fd"
     "caeab1a34d4a6b4b636e070a38bce737"},
    {"qqqqqqqqqqqqqqqqqqqqqqqqqqo=",
     "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"
     "dddd",
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
     "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807"
     "b946a337bee8942674278859e13292fb"},
    {"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGQ==",
     "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
     "cdcd",
     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
     "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063"
     "a5f19741120c4f2de2adebeb10a298dd"},
    {"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
     "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=",
     "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579"
     "204669727374",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
     "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e52"
     "95e64f73f63f0aec8b915a985d786598"},
    {"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"
     "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=",
     "5468697320697320612074657374207573696e672061206c6172676572207468616e20626c6f636b2d73697a65206b65"
     "7920616e642061206c6172676572207468616e20626c6f636b2d73697a6520646174612e20546865206b6579206e6565"
     "647320746f20626520686173686564206265666f7265206265696e6720757365642062792074686520484d414320616c"
     "676f726974686d2e",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
     "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15"
     "134676fb6de0446065c97440fa8c6a58"},
};

TEST(hmac_rfc4231) {
  for (size_t i = 0; i < sizeof rfc4231 / sizeof rfc4231[0]; i++) {
    uint8_t message[256];
    size_t length = from_hex(message, sizeof message, rfc4231[i].message);
    bourse_signer *signer = signer_of(rfc4231[i].key, BOURSE__SECRET_BASE64);
    for (int again = 0; again < 2; again++) { /* signing leaves the keyed states as they were */
      check_signature(signer, BOURSE_SIGN_HMAC_SHA256, message, length, rfc4231[i].sha256);
      check_signature(signer, BOURSE_SIGN_HMAC_SHA512, message, length, rfc4231[i].sha512);
    }
    bourse__signer_free(signer);
  }
}

/* The worked example in Binance's documentation of signed endpoints. */
TEST(hmac_binance_documentation) {
  static const char message[] = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000"
                                "&timestamp=1499827319559";
  bourse_signer *signer = signer_of("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j",
                                    BOURSE__SECRET_TEXT);
  check_signature(signer, BOURSE_SIGN_HMAC_SHA256, message, sizeof message - 1,
                  "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71");
  bourse__signer_free(signer);
}

/* The text between the first and the second backquote; the place after them, NULL when there are not two. */
static const char *quoted(char *out, size_t out_size, const char *text) {
  const char *from = strchr(text, '`'), *to = from == NULL ? NULL : strchr(from + 1, '`');
  if (to == NULL || (size_t)(to - from) > out_size) return NULL;
  memcpy(out, from + 1, (size_t)(to - from - 1));
  out[to - from - 1] = '\0';
  return to + 1;
}

/* The worked examples in the notes on Binance, when they are there: | case | `message` | `hmac` | `ed25519` |. */
TEST(binance_notes) {
  static const uint8_t header[] = {0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20};
  char line[4096], key[256] = "", message[2048], hmac[256], ed25519[256], encoded[128], hex[129];
  uint8_t der[48], signature[64];
  size_t rows = 0, length = 0;
  FILE *file = fopen("../shared/exchanges/binance.md", "r");
  if (file == NULL) return;
  memcpy(der, header, sizeof header);
  for (uint8_t i = 0; i < 32; i++) der[16 + i] = i;
  sodium_bin2base64(encoded, sizeof encoded, der, sizeof der, sodium_base64_VARIANT_ORIGINAL);
  bourse_signer *by_ed25519 = signer_of(encoded, BOURSE__SECRET_ED25519_BASE64), *by_hmac = NULL;
  while (fgets(line, sizeof line, file) != NULL) {
    const char *p = strstr(line, "Worked vectors");
    if (p != NULL && by_hmac == NULL) {
      p = quoted(message, sizeof message, p); /* the API key */
      if (p != NULL && quoted(key, sizeof key, p) != NULL) by_hmac = signer_of(key, BOURSE__SECRET_TEXT);
    }
    /* The second cell must be all message; the case may have quotes of its own. */
    p = line[0] == '|' ? strchr(line + 1, '|') : NULL;
    if (by_hmac == NULL || p == NULL || p[1] != ' ' || p[2] != '`') continue;
    p = quoted(message, sizeof message, p);
    if (p == NULL || strncmp(p, " | `", 4) != 0) continue;
    p = quoted(hmac, sizeof hmac, p);
    if (p == NULL || strlen(hmac) != 64) continue;
    if (quoted(ed25519, sizeof ed25519, p) == NULL || strlen(ed25519) != 88) continue;
    check_signature(by_hmac, BOURSE_SIGN_HMAC_SHA256, message, strlen(message), hmac);
    CHECK_INT(sodium_base642bin(signature, 64, ed25519, 88, NULL, &length, NULL, sodium_base64_VARIANT_ORIGINAL), 0);
    to_hex(hex, signature, length);
    check_signature(by_ed25519, BOURSE_SIGN_ED25519, message, strlen(message), hex);
    rows++;
  }
  fclose(file);
  if (rows < 5) TEST_FAIL("only %zu worked examples were found", rows);
  bourse__signer_free(by_hmac);
  bourse__signer_free(by_ed25519);
}

TEST(wrong_algorithm_or_room) {
  static const struct {
    const char *secret;
    int32_t kind, first, last; /* algorithms that work */
    size_t size;               /* of the last */
  } cases[] = {
      {"secret", BOURSE_KEY_HMAC, BOURSE_SIGN_HMAC_SHA256, BOURSE_SIGN_HMAC_SHA512, 64},
      {ed25519_pkcs8, BOURSE_KEY_ED25519, BOURSE_SIGN_ED25519, BOURSE_SIGN_ED25519, 64},
      {rsa2048_pkcs8, BOURSE_KEY_RSA, BOURSE_SIGN_RSA_SHA256, BOURSE_SIGN_RSA_SHA256, 256},
      {ec_pkcs8, BOURSE_KEY_ECDSA_P256, BOURSE_SIGN_ECDSA_P256, BOURSE_SIGN_ECDSA_P256, 64},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint8_t out[BOURSE_SIGNATURE_SIZE_MAX];
    size_t length = 99;
    bourse_signer *signer = signer_of(cases[i].secret, BOURSE__SECRET_TEXT);
    CHECK_INT(bourse_signer_kind(signer), cases[i].kind);
    for (int32_t algorithm = -1; algorithm <= 7; algorithm++) {
      int works = algorithm >= cases[i].first && algorithm <= cases[i].last;
      int32_t result = bourse_sign(signer, algorithm, "m", 1, out, sizeof out, &length);
      CHECK_INT(result, works ? BOURSE_OK : BOURSE_ERROR_CRYPTO);
      if (!works) CHECK_INT(length, 0);
    }
    length = 99;
    CHECK_INT(bourse_sign(signer, cases[i].last, "m", 1, out, cases[i].size - 1, &length), BOURSE_ERROR_CRYPTO);
    CHECK_INT(length, 0);
    CHECK_INT(bourse_sign(signer, cases[i].last, "m", 1, out, cases[i].size, &length), BOURSE_OK);
    CHECK_INT(length, cases[i].size);
    CHECK_INT(bourse_sign(signer, cases[i].last, NULL, 0, out, sizeof out, &length), BOURSE_OK);
    CHECK_INT(bourse_sign(signer, cases[i].last, NULL, 1, out, sizeof out, &length), BOURSE_ERROR_ARGUMENT);
    CHECK_INT(bourse_sign(signer, cases[i].last, "m", 1, NULL, sizeof out, &length), BOURSE_ERROR_ARGUMENT);
    CHECK_INT(bourse_sign(signer, cases[i].last, "m", 1, out, sizeof out, NULL), BOURSE_ERROR_ARGUMENT);
    bourse__signer_free(signer);
  }
  size_t length;
  uint8_t out[64];
  CHECK_INT(bourse_sign(NULL, BOURSE_SIGN_ED25519, "m", 1, out, sizeof out, &length), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_signer_kind(NULL), 0);
  bourse__signer_free(NULL);
}

/* A host that signs: what it was asked, and what it shall answer. */
typedef struct host {
  int32_t algorithm, answer;
  size_t length, written, out_size;
  char first;
} host;

static int32_t host_sign(void *user_data, int32_t algorithm, const void *message, size_t length, uint8_t *out,
                         size_t out_size, size_t *out_length) {
  host *h = user_data;
  h->algorithm = algorithm;
  h->length = length;
  h->first = *(const char *)message;
  h->out_size = out_size;
  memset(out, 0xAB, h->written < out_size ? h->written : out_size);
  *out_length = h->written;
  return h->answer;
}

static void check_host(int32_t kind, int32_t algorithm, size_t written, int32_t answer, int32_t expected) {
  uint8_t out[BOURSE_SIGNATURE_SIZE_MAX] = {0};
  size_t length = 99;
  host h = {0, answer, 0, written, 0, 0};
  bourse_signer *signer = NULL;
  CHECK_INT(bourse__signer_new_host(&signer, NULL, kind, host_sign, &h), BOURSE_OK);
  CHECK_INT(bourse_signer_kind(signer), kind);
  CHECK_INT(bourse_sign(signer, algorithm, "message", 7, out, sizeof out, &length), expected);
  CHECK_INT(length, expected == BOURSE_OK ? written : 0);
  CHECK_INT(h.algorithm, algorithm);
  CHECK_INT(h.length, 7);
  CHECK_INT(h.first, 'm');
  CHECK_INT(h.out_size, sizeof out);
  bourse__signer_free(signer);
}

TEST(host_signs) {
  check_host(BOURSE_KEY_HMAC, BOURSE_SIGN_HMAC_SHA256, 32, BOURSE_OK, BOURSE_OK);
  check_host(BOURSE_KEY_HMAC, BOURSE_SIGN_HMAC_SHA512, 64, BOURSE_OK, BOURSE_OK);
  check_host(BOURSE_KEY_ED25519, BOURSE_SIGN_ED25519, 64, BOURSE_OK, BOURSE_OK);
  check_host(BOURSE_KEY_ECDSA_P256, BOURSE_SIGN_ECDSA_P256, 64, BOURSE_OK, BOURSE_OK);
  check_host(BOURSE_KEY_RSA, BOURSE_SIGN_RSA_SHA256, 256, BOURSE_OK, BOURSE_OK);
  check_host(BOURSE_KEY_RSA, BOURSE_SIGN_RSA_SHA256, 512, BOURSE_OK, BOURSE_OK);
}

TEST(host_fails_or_misbehaves) {
  check_host(BOURSE_KEY_HMAC, BOURSE_SIGN_HMAC_SHA256, 32, BOURSE_ERROR_CRYPTO, BOURSE_ERROR_CRYPTO);
  check_host(BOURSE_KEY_HMAC, BOURSE_SIGN_HMAC_SHA256, 32, 17, BOURSE_ERROR_CRYPTO);
  check_host(BOURSE_KEY_HMAC, BOURSE_SIGN_HMAC_SHA256, 31, BOURSE_OK, BOURSE_ERROR_CRYPTO);
  check_host(BOURSE_KEY_HMAC, BOURSE_SIGN_HMAC_SHA256, 64, BOURSE_OK, BOURSE_ERROR_CRYPTO);
  check_host(BOURSE_KEY_ECDSA_P256, BOURSE_SIGN_ECDSA_P256, 71, BOURSE_OK, BOURSE_ERROR_CRYPTO); /* DER, not r || s */
  check_host(BOURSE_KEY_RSA, BOURSE_SIGN_RSA_SHA256, 128, BOURSE_OK, BOURSE_ERROR_CRYPTO);
  check_host(BOURSE_KEY_RSA, BOURSE_SIGN_RSA_SHA256, 513, BOURSE_OK, BOURSE_ERROR_CRYPTO);
  check_host(BOURSE_KEY_RSA, BOURSE_SIGN_RSA_SHA256, SIZE_MAX, BOURSE_OK, BOURSE_ERROR_CRYPTO);
}

TEST(host_is_not_asked_in_vain) {
  host h = {0, BOURSE_OK, 0, 64, 0, 0};
  uint8_t out[64];
  size_t length;
  bourse_signer *signer = NULL;
  CHECK_INT(bourse__signer_new_host(&signer, NULL, BOURSE_KEY_ED25519, host_sign, &h), BOURSE_OK);
  CHECK_INT(bourse_sign(signer, BOURSE_SIGN_HMAC_SHA256, "m", 1, out, sizeof out, &length), BOURSE_ERROR_CRYPTO);
  CHECK_INT(bourse_sign(signer, BOURSE_SIGN_ED25519, "m", 1, out, 63, &length), BOURSE_ERROR_CRYPTO);
  CHECK_INT(h.algorithm, 0);
  CHECK_INT(bourse_sign(signer, BOURSE_SIGN_ED25519, NULL, 0, out, 64, &length), BOURSE_OK); /* never given NULL */
  bourse__signer_free(signer);
  CHECK_INT(bourse__signer_new_host(&signer, NULL, BOURSE_KEY_ED25519, NULL, &h), BOURSE_ERROR_ARGUMENT);
  CHECK(signer == NULL);
  CHECK_INT(bourse__signer_new_host(&signer, NULL, 0, host_sign, &h), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__signer_new_host(&signer, NULL, 5, host_sign, &h), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__signer_new_host(NULL, NULL, 1, host_sign, &h), BOURSE_ERROR_ARGUMENT);
}

TEST(passphrase) {
  char out[BOURSE_PASSPHRASE_SIZE_MAX] = "x", longest[BOURSE_PASSPHRASE_SIZE_MAX + 1];
  bourse_signer *signer = signer_of("secret", BOURSE__SECRET_TEXT);
  CHECK_INT(bourse_signer_passphrase(signer, out, sizeof out), BOURSE_ERROR_CREDENTIALS);
  CHECK_STR(out, "");
  CHECK_INT(bourse__signer_add_passphrase(signer, "open sesame-\xC3\xA9", 14), BOURSE_OK);
  CHECK_INT(bourse_signer_passphrase(signer, out, sizeof out), BOURSE_OK);
  CHECK_STR(out, "open sesame-\xC3\xA9");
  CHECK_INT(bourse_signer_passphrase(signer, out, 15), BOURSE_OK);
  CHECK_INT(bourse_signer_passphrase(signer, out, 14), BOURSE_ERROR_ARGUMENT);
  CHECK_STR(out, "");
  CHECK_INT(bourse_signer_passphrase(signer, out, 0), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_signer_passphrase(signer, NULL, 15), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_signer_passphrase(NULL, out, 15), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__signer_add_passphrase(signer, "", 0), BOURSE_ERROR_CREDENTIALS);
  CHECK_INT(bourse__signer_add_passphrase(signer, "a\r\nX: y", 7), BOURSE_ERROR_CREDENTIALS);
  CHECK_INT(bourse__signer_add_passphrase(signer, "a\0b", 3), BOURSE_ERROR_CREDENTIALS);
  CHECK_INT(bourse__signer_add_passphrase(signer, "a\x7F", 2), BOURSE_ERROR_CREDENTIALS);
  CHECK_INT(bourse__signer_add_passphrase(signer, NULL, 2), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__signer_add_passphrase(NULL, "ab", 2), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_signer_passphrase(signer, out, sizeof out), BOURSE_OK); /* what was refused changed nothing */
  CHECK_STR(out, "open sesame-\xC3\xA9");
  memset(longest, 'p', sizeof longest);
  CHECK_INT(bourse__signer_add_passphrase(signer, longest, BOURSE_PASSPHRASE_SIZE_MAX), BOURSE_ERROR_CREDENTIALS);
  CHECK_INT(bourse__signer_add_passphrase(signer, longest, BOURSE_PASSPHRASE_SIZE_MAX - 1), BOURSE_OK);
  CHECK_INT(bourse_signer_passphrase(signer, out, sizeof out), BOURSE_OK);
  CHECK_INT(strlen(out), BOURSE_PASSPHRASE_SIZE_MAX - 1);
  bourse__signer_free(signer);
}

/* A host's allocator: counts, and gives nothing when told so. */
typedef struct counter {
  int live, asked, empty;
} counter;

static void *counted_allocate(void *user_data, size_t size) {
  counter *c = user_data;
  c->asked++;
  if (c->empty) return NULL;
  c->live++;
  return malloc(size);
}

static void *counted_reallocate(void *user_data, void *memory, size_t size) {
  (void)user_data;
  return realloc(memory, size);
}

static void counted_release(void *user_data, void *memory) {
  counter *c = user_data;
  c->live--;
  free(memory);
}

TEST(host_allocator) {
  counter c = {0, 0, 0};
  char text[BOURSE__SIGNER_ERROR_SIZE];
  bourse_signer *signer = NULL;
  {
    bourse_allocator allocator = {&c, counted_allocate, counted_reallocate, counted_release};
    CHECK_INT(bourse__signer_new(&signer, &allocator, "secret", 6, 0, text, sizeof text), BOURSE_OK);
    memset(&allocator, 0, sizeof allocator); /* the signer has its own copy */
  }
  CHECK(c.live > 0);
  bourse__signer_free(signer);
  CHECK_INT(c.live, 0);
  c.empty = 1;
  bourse_allocator allocator = {&c, counted_allocate, counted_reallocate, counted_release};
  CHECK_INT(bourse__signer_new(&signer, &allocator, "secret", 6, 0, text, sizeof text), BOURSE_ERROR_MEMORY);
  CHECK(signer == NULL);
  CHECK_INT(bourse__signer_new_host(&signer, &allocator, BOURSE_KEY_HMAC, host_sign, NULL), BOURSE_ERROR_MEMORY);
  CHECK(signer == NULL);
  CHECK_INT(c.live, 0);
}

/* Whether memory holds a needle, which is kept inverted so that it is not itself found. The search reads through the
 * kernel, which also shows it memory without access. */
typedef struct needle {
  uint8_t inverted[16];
} needle;

static int holds(const uint8_t *data, size_t length, const needle *n) {
  int found = 0;
  for (size_t i = 0; i + sizeof n->inverted <= length; i++) {
    size_t j = 0;
    while (j < sizeof n->inverted && (data[i + j] ^ n->inverted[j]) == 0xFF) j++;
    found += j == sizeof n->inverted;
  }
  return found;
}

/* How often the needle stands in readable memory and, separately, in memory without access. */
static void search(int *readable, int *guarded, const needle *n) {
  static uint8_t chunk[65536];
  char line[512];
  FILE *maps = fopen("/proc/self/maps", "r");
  int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  *readable = *guarded = 0;
  CHECK(maps != NULL && memory >= 0);
  while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
    unsigned long from = 0, to = 0;
    char rights[5] = "";
    if (sscanf(line, "%lx-%lx %4s", &from, &to, rights) != 3) continue;
    for (unsigned long at = from; at < to; at += sizeof chunk - 15) {
      size_t length = to - at < sizeof chunk ? to - at : sizeof chunk;
      ssize_t got = pread(memory, chunk, length, (off_t)at);
      if (got > 0) *(rights[0] == 'r' ? readable : guarded) += holds(chunk, (size_t)got, n);
      sodium_memzero(chunk, sizeof chunk);
      if (got <= 0) break;
    }
  }
  if (maps != NULL) fclose(maps);
  if (memory >= 0) close(memory);
}

/* A secret is not left on the stack or heap by reading it, by signing with it, or by freeing it. */
static void check_residue(const char *secret, int32_t encoding, int32_t algorithm, const needle *n,
                          int expect_guarded) {
  int readable, guarded;
  uint8_t signature[BOURSE_SIGNATURE_SIZE_MAX];
  size_t length;
  bourse_signer *signer = signer_of(secret, encoding);
  search(&readable, &guarded, n);
  CHECK_INT(readable, 0);
  CHECK_INT(guarded > 0, expect_guarded); /* the search does find what is there */
  CHECK_INT(bourse_sign(signer, algorithm, "message", 7, signature, sizeof signature, &length), BOURSE_OK);
  search(&readable, &guarded, n);
  CHECK_INT(readable, 0);
  bourse__signer_free(signer);
  search(&readable, &guarded, n);
  CHECK_INT(readable, 0);
  CHECK_INT(guarded, 0);
}

static void invert(needle *n, const uint8_t *from) {
  for (size_t i = 0; i < sizeof n->inverted; i++) n->inverted[i] = (uint8_t)~from[i];
}

/* As big numbers lie in memory: the last byte first. */
static void reverse(needle *n) {
  for (size_t i = 0; i < 8; i++) {
    uint8_t swap = n->inverted[i];
    n->inverted[i] = n->inverted[15 - i];
    n->inverted[15 - i] = swap;
  }
}

TEST(no_residue) {
  if (under_valgrind() || UNDER_ASAN) return; /* they keep copies of their own */
  needle n;
  uint8_t bytes[1300];
  char text[128];
  size_t length = 0;
  randombytes_buf(bytes, 32);
  invert(&n, bytes);
  sodium_bin2base64(text, sizeof text, bytes, 32, sodium_base64_VARIANT_ORIGINAL);
  sodium_memzero(bytes, sizeof bytes);
  check_residue(text, BOURSE__SECRET_ED25519_BASE64, BOURSE_SIGN_ED25519, &n, 1);
  /* Of an HMAC key only the hashed states are kept, so the key itself is nowhere. */
  check_residue(text, BOURSE__SECRET_BASE64, BOURSE_SIGN_HMAC_SHA512, &n, 0);
  check_residue(text, BOURSE__SECRET_BASE64, BOURSE_SIGN_HMAC_SHA256, &n, 0);
  /* SEC1: the secret is at 7. Base64 of 48 bytes begins after the 30 characters of the BEGIN line. */
  CHECK_INT(sodium_base642bin(bytes, sizeof bytes, ec_sec1 + 31, 64, "\n", &length, NULL,
                              sodium_base64_VARIANT_ORIGINAL), 0);
  invert(&n, bytes + 7 + 16);
  sodium_memzero(bytes, sizeof bytes);
  check_residue(ec_sec1, BOURSE__SECRET_TEXT, BOURSE_SIGN_ECDSA_P256, &n, 1);
  reverse(&n);
  check_residue(ec_sec1, BOURSE__SECRET_TEXT, BOURSE_SIGN_ECDSA_P256, &n, 0);
}

TEST(no_residue_rsa) {
  if (under_valgrind() || UNDER_ASAN) return;
  needle n;
  uint8_t bytes[1300];
  size_t length = 0;
  const char *from = rsa2048_pkcs1 + strlen("-----BEGIN RSA PRIVATE KEY-----\n");
  size_t text_length = (size_t)(strstr(from, "-----") - from);
  CHECK_INT(sodium_base642bin(bytes, sizeof bytes, from, text_length, "\n", &length, NULL,
                              sodium_base64_VARIANT_ORIGINAL), 0);
  size_t prime = 4 + 3 + 261 + 5 + 260 + 4;
  if (bytes[prime - 4] == 2) prime--; /* one byte less of the private exponent */
  invert(&n, bytes + prime + 40);
  sodium_memzero(bytes, sizeof bytes);
  check_residue(rsa2048_pkcs1, BOURSE__SECRET_TEXT, BOURSE_SIGN_RSA_SHA256, &n, 1);
  reverse(&n);
  check_residue(rsa2048_pkcs1, BOURSE__SECRET_TEXT, BOURSE_SIGN_RSA_SHA256, &n, 0);
}

TEST(no_residue_of_the_passphrase) {
  if (under_valgrind() || UNDER_ASAN) return;
  int readable, guarded;
  needle n;
  char text[33], out[BOURSE_PASSPHRASE_SIZE_MAX];
  uint8_t random[16];
  randombytes_buf(random, sizeof random);
  to_hex(text, random, 16);
  invert(&n, (const uint8_t *)text + 8);
  bourse_signer *signer = signer_of("secret", BOURSE__SECRET_TEXT);
  CHECK_INT(bourse__signer_add_passphrase(signer, text, 32), BOURSE_OK);
  sodium_memzero(text, sizeof text);
  search(&readable, &guarded, &n);
  CHECK_INT(readable, 0);
  CHECK_INT(guarded, 1);
  CHECK_INT(bourse_signer_passphrase(signer, out, sizeof out), BOURSE_OK);
  search(&readable, &guarded, &n);
  CHECK_INT(readable, 1); /* the copy handed out */
  bourse_wipe(out, sizeof out);
  bourse__signer_free(signer);
  search(&readable, &guarded, &n);
  CHECK_INT(readable, 0);
  CHECK_INT(guarded, 0);
}

TEST_MAIN()
