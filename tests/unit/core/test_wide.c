/* Integers of 128 bits made of two words, held against the compiler's own. */
#define BOURSE_PLAIN_WORDS
#include "core/wide.h"

#include "test.h"

#ifdef __SIZEOF_INT128__

__extension__ typedef unsigned __int128 native;

static native native_of(u128 a) { return (native)u128_high(a) << 64 | u128_low(a); }

static int32_t agree(u128 a, native b) { return native_of(a) == b; }

static uint64_t random_state = 88172645463325252u;

static uint64_t random_word(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

/* Of all lengths, and often full of ones or a power of ten: there carries go wrong. */
static u128 random_value(void) {
  uint64_t low = random_word(), high = random_word(), kind = random_word();
  uint32_t cut = (uint32_t)(kind >> 8 & 127);
  if (kind % 8 == 0) return pow10_128((int32_t)(cut % (POW10_MAX + 1)));
  if (kind % 8 == 1) low = high = UINT64_MAX;
  native value = ((native)high << 64 | low) >> cut;
  return u128_of((uint64_t)(value >> 64), (uint64_t)value);
}

TEST(two_words_are_what_the_compiler_has) {
  for (int32_t i = 0; i < 200000 && !test_failed_here; i++) {
    u128 a = random_value(), b = random_value();
    native x = native_of(a), y = native_of(b);
    CHECK(agree(u128_add(a, b), x + y));
    CHECK(agree(u128_subtract(a, b), x - y));
    CHECK(agree(u128_multiply(a, b), x * y));
    CHECK(agree(u128_words(u128_low(a), u128_low(b)), (native)u128_low(a) * u128_low(b)));
    CHECK_INT(u128_less(a, b), x < y);
    CHECK_INT(u128_same(a, b), x == y);
    CHECK_INT(u128_is_zero(a), x == 0);
    if (y == 0) continue;
    CHECK(agree(u128_divide(a, b), x / y));
    CHECK(agree(u128_rest(a, b), x % y));
  }
}

#endif

/* (q * b + r) / b is q and r, wherever r is below b. */
TEST(wide_quotients_go_back) {
  static const uint64_t words[] = {0, 1, 2, 9, 10, UINT32_MAX, UINT64_C(1) << 32, UINT64_C(1) << 63, UINT64_MAX};
  const int32_t count = sizeof words / sizeof words[0];
  for (int32_t i = 0; i < count * count * count * count; i++) {
    u128 quotient = u128_of(words[i % count], words[i / count % count]);
    u128 divisor = u128_of(words[i / count / count % count], words[i / count / count / count]), rest;
    if (u128_is_zero(divisor)) continue;
    u128 most = u128_subtract(divisor, u128_from(1));
    wide product = wide_add(wide_multiply(quotient, divisor), wide_from(most));
    wide back = wide_divide(product, divisor, &rest);
    CHECK(u128_same(back.low, quotient) && u128_is_zero(back.high) && u128_same(rest, most));
    CHECK(wide_compare(wide_subtract(product, wide_from(most)), wide_multiply(quotient, divisor)) == 0);
  }
}

TEST_MAIN()
