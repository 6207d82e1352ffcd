/* Checksums: the known sum, Kraken's recorded example and what makes it differ. */
#include "book/checksum.h"

#include <zlib.h>

#include "core/arena.h"
#include "model.h"
#include "test.h"

static const char *const asks[][2] = {{"0.5668", "4410.79769741"},  {"0.5669", "4655.40412487"},
                                      {"0.5670", "49844.89424998"}, {"0.5671", "24306.41678000"},
                                      {"0.5672", "29783.25223475"}, {"0.5673", "57234.71239278"},
                                      {"0.5674", "45065.04744000"}, {"0.5675", "5912.76380354"},
                                      {"0.5676", "42514.92434778"}, {"0.5677", "36304.08470220"}};
static const char *const bids[][2] = {{"0.5666", "4831.75496356"},  {"0.5665", "6658.22734739"},
                                      {"0.5664", "18724.91513344"}, {"0.5663", "11563.92544914"},
                                      {"0.5662", "14006.65365711"}, {"0.5661", "17454.85679807"},
                                      {"0.5660", "18097.15470000"}, {"0.5659", "33644.89175666"},
                                      {"0.5658", "148.34640000"},   {"0.5657", "606.70854372"}};

static void set(bourse__book *book, int32_t side, const char *price, const char *amount) {
  bourse_level level;
  bourse_decimal_parse(&level.price, price, SIZE_MAX);
  bourse_decimal_parse(&level.amount, amount, SIZE_MAX);
  CHECK_INT(bourse__book_set(book, side, &level, 1), 0);
}

/* Of a text, by other code. */
static uint32_t sum_of(const char *text) { return (uint32_t)crc32(0, (const Bytef *)text, (uInt)strlen(text)); }

/* With nothing remembered. */
static uint32_t fresh_checksum(const bourse__book *book, uint32_t price_decimals, uint32_t amount_decimals) {
  return bourse__book_checksum(NULL, book, price_decimals, amount_decimals);
}

TEST(the_check_value_of_crc_32) {
  bourse__book *book;
  CHECK_INT(bourse__book_new(&book, &bourse__default_allocator, 10), 0);
  CHECK_INT(fresh_checksum(book, 0, 0), 0);
  set(book, BOURSE__ASKS, "12345", "67");
  set(book, BOURSE__BIDS, "8", "9");
  CHECK_INT(fresh_checksum(book, 0, 0), 0xCBF43926);
  bourse__book_free(book);
}

TEST(a_recorded_book_of_kraken_and_its_next_state) {
  bourse__book *book;
  CHECK_INT(bourse__book_new(&book, &bourse__default_allocator, 10), 0);
  for (int i = 9; i >= 0; i--) {
    set(book, BOURSE__ASKS, asks[i][0], asks[i][1]);
    set(book, BOURSE__BIDS, bids[i][0], bids[i][1]);
  }
  CHECK_INT(fresh_checksum(book, 4, 8), 2439117997u);
  set(book, BOURSE__BIDS, "0.5657", "1098.39475580");
  CHECK_INT(fresh_checksum(book, 4, 8), 2114181697u);
  /* Digits that were dropped on the way are put back: the sum is over a fixed number of decimals. */
  set(book, BOURSE__BIDS, "0.566", "18097.1547");
  CHECK_INT(fresh_checksum(book, 4, 8), 2114181697u);
  set(book, BOURSE__BIDS, "0.5657", "1098.3947558e0");
  CHECK_INT(fresh_checksum(book, 4, 8), 2114181697u);
  set(book, BOURSE__BIDS, "0.5657", "1098.39475581");
  CHECK(fresh_checksum(book, 4, 8) != 2114181697u);
  bourse__book_free(book);
}

/* Levels past the tenth, and thin books. */
TEST(ten_levels_count_or_fewer) {
  bourse__book *book;
  CHECK_INT(bourse__book_new(&book, &bourse__default_allocator, 25), 0);
  set(book, BOURSE__ASKS, "1.5", "0.25");
  set(book, BOURSE__BIDS, "1.25", "10");
  CHECK_INT(fresh_checksum(book, 2, 3), sum_of("15025012510000"));
  for (int i = 2; i < 20; i++) {
    char price[20];
    snprintf(price, sizeof price, "%d", i);
    set(book, BOURSE__ASKS, price, "1");
  }
  uint32_t ten = fresh_checksum(book, 2, 3);
  set(book, BOURSE__ASKS, "11", "7"); /* the eleventh */
  CHECK_INT(fresh_checksum(book, 2, 3), ten);
  set(book, BOURSE__ASKS, "10", "7"); /* the tenth */
  CHECK(fresh_checksum(book, 2, 3) != ten);
  bourse__book_free(book);
}

/* --- Against texts --- */

static char expected[4096];

/* Digits as they are written, each number padded to its decimals with zeros. */
static void expect(const char *digits, int zeros) {
  digits += strspn(digits, "0");
  strcat(expected, digits);
  for (; zeros > 0 && *digits != '\0'; zeros--) strcat(expected, "0");
}

/* Numbers of every length, some with decimals left out, at every place of the sum. */
TEST(numbers_of_every_length) {
  uint64_t seed = 3;
  for (int round = 0; round < 300; round++) {
    bourse__book *book;
    int price_decimals = round % 5, amount_decimals = round % 9;
    CHECK_INT(bourse__book_new(&book, &bourse__default_allocator, 10), 0);
    expected[0] = '\0';
    for (int32_t side = BOURSE__ASKS; side >= BOURSE__BIDS; side--)
      for (int i = 0; i < 10; i++) {
        bourse_level level = {.price = model_decimal(side == BOURSE__ASKS ? 5000 + i : 4000 - i, -price_decimals)};
        char text[64];
        unsigned length = 1 + model_random(&seed) % 38;
        int left_out = model_random(&seed) % 4 == 0 ? (int)(model_random(&seed) % (unsigned)(amount_decimals + 1)) : 0;
        for (unsigned n = 0; n < length; n++)
          text[n] = (char)('0' + model_random(&seed) % (n == 0 ? 9 : 10) + (n == 0));
        text[length] = '\0';
        if (length + (unsigned)left_out > 38) left_out = 0;
        CHECK_INT(bourse_decimal_parse(&level.amount, text, length), 0);
        level.amount.exponent = left_out - amount_decimals;
        CHECK_INT(bourse__book_set(book, side, &level, 1), 0);
        char price[16];
        snprintf(price, sizeof price, "%d", (int)level.price.low);
        expect(price, 0);
        expect(text, left_out);
      }
    uint32_t right = sum_of(expected);
    if (fresh_checksum(book, (uint32_t)price_decimals, (uint32_t)amount_decimals) != right)
      TEST_FAIL("round %d: not the sum of %s", round, expected);
    bourse__book_free(book);
  }
}

/* No exchange sends them, and nothing may be written past its end for them. */
TEST(numbers_out_of_all_bounds) {
  static const char *const amounts[] = {"1e100",
                                        "340282366920938463463374607431768211455",
                                        "1e-100",
                                        "99999999999999999999",
                                        "18446744073709551615",
                                        "0.00000000000000000000001"};
  static const uint32_t decimals[] = {0, 8, 30, 100, 1000};
  for (size_t d = 0; d < 5; d++) {
    bourse__book *book;
    CHECK_INT(bourse__book_new(&book, &bourse__default_allocator, 10), 0);
    for (int i = 0; i < 20; i++) {
      char price[16];
      snprintf(price, sizeof price, "%d", i + 1);
      set(book, i < 10 ? BOURSE__BIDS : BOURSE__ASKS, price, amounts[i % 6]);
    }
    (void)fresh_checksum(book, decimals[d], decimals[d]);
    bourse__book_free(book);
  }
}

/* What is remembered never shows: levels come, go and change at every place. */
TEST(what_is_remembered_makes_no_difference) {
  bourse__sums sums;
  bourse__book *book;
  uint64_t seed = 17;
  memset(&sums, 0, sizeof sums);
  CHECK_INT(bourse__book_new(&book, &bourse__default_allocator, 25), 0);
  bourse__book_keep_sums(book);
  for (int i = 0; i < 200000 && !test_failed_here; i++) {
    bourse_level one;
    int32_t side = (int32_t)(model_random(&seed) & 1);
    int64_t away = 1 + model_random(&seed) % 14;
    one.price = model_decimal(side == BOURSE__BIDS ? 100000 - away : 100000 + away, -2);
    one.amount = model_decimal(model_random(&seed) % 3 == 0 ? 0 : 1 + model_random(&seed) % 50, -3);
    if (model_random(&seed) % 8 == 0) one.amount.exponent = -(int32_t)(model_random(&seed) % 4);
    if (model_random(&seed) % 64 == 0 && one.amount.low != 0) one.amount.high = model_random(&seed) % 3;
    CHECK_INT(bourse__book_set(book, side, &one, 1), 0);
    if (model_random(&seed) % 4096 == 0) bourse__book_clear(book);
    bourse__book_cut(book);
    if (model_random(&seed) % 3 != 0) CHECK_INT(bourse__book_checksum(&sums, book, 2, 3), fresh_checksum(book, 2, 3));
  }
  bourse__book_free(book);
}

TEST_MAIN()
