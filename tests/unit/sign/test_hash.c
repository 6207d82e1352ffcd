#include "helpers.h"

static void check_hashes(const void *data, size_t length, const char *sha256, const char *sha512) {
  uint8_t out[64];
  char hex[129];
  bourse_sha256(out, data, length);
  to_hex(hex, out, 32);
  CHECK_STR(hex, sha256);
  bourse_sha512(out, data, length);
  to_hex(hex, out, 64);
  CHECK_STR(hex, sha512);
}

TEST(fips_180_examples) {
  check_hashes("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
               "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
               "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  check_hashes(NULL, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
               "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
               "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e");
}

TEST(wipe) {
  char text[8] = "secret!";
  bourse_wipe(text, 4);
  CHECK(memcmp(text, "\0\0\0\0et!", 8) == 0);
  bourse_wipe(NULL, 4);
}

TEST_MAIN()
