/* Levels against a plain sorted list; numbers that do not fit; volumes; want of memory. */
#include "book/book.h"

#include <bourse/error.h>

#include "core/arena.h"
#include "model.h"
#include "support/few.h"
#include "test.h"

static bourse_level level(const char *price, const char *amount) {
  bourse_level out;
  bourse_decimal_parse(&out.price, price, SIZE_MAX);
  bourse_decimal_parse(&out.amount, amount, SIZE_MAX);
  return out;
}

static bourse__book *new_book(uint32_t depth) {
  bourse__book *book = NULL;
  CHECK_INT(bourse__book_new(&book, &bourse__default_allocator, depth), BOURSE_OK);
  return book;
}

static int32_t set(bourse__book *book, int32_t side, const char *price, const char *amount) {
  bourse_level one = level(price, amount);
  return bourse__book_set(book, side, &one, 1);
}

static void check_level(const bourse__book *book, int32_t side, uint32_t index, const char *price, const char *amount) {
  char text[BOURSE_DECIMAL_TEXT_SIZE] = "none";
  const bourse_level *found = bourse__book_at(book, side, index);
  if (found != NULL) bourse_decimal_format(text, sizeof text, &found->price);
  CHECK_STR(text, price);
  if (found != NULL) bourse_decimal_format(text, sizeof text, &found->amount);
  CHECK_STR(text, amount);
}

TEST(a_hundred_thousand_changes_as_a_sorted_list_has_them) {
  static const int depths[] = {0, 10, 100};
  for (size_t d = 0; d < 3; d++) {
    bourse__book *book = new_book((uint32_t)depths[d]);
    static model m;
    uint64_t seed = 7 + d;
    memset(&m, 0, sizeof m);
    for (int i = 0; i < 100000; i++) {
      int side = (int)(model_random(&seed) & 1);
      int64_t price = 10000 + (side == BOURSE__BIDS ? -1 : 1) *
                                  (int64_t)(1 + model_random(&seed) % (model_random(&seed) % 4 == 0 ? 200 : 12));
      int64_t amount = model_random(&seed) % 3 == 0 ? 0 : 1 + model_random(&seed) % 5000;
      bourse_level one = {model_decimal(price, -2), model_decimal(amount, -3)};
      CHECK_INT(bourse__book_set(book, side, &one, 1), BOURSE_OK);
      bourse__book_cut(book);
      model_set(&m, side, price, amount);
      if (depths[d] > 0) model_cut(&m, depths[d]);
      if (i % 97 == 0 && !model_equals(&m, book)) {
        TEST_FAIL("after change %d the books differ", i);
        break;
      }
    }
    CHECK(model_equals(&m, book));
    bourse__book_free(book);
  }
}

/* Deep books that fill up and are emptied again, in any order and in the order of prices. */
/* Upwards, downwards and across, over many blocks, with more and with fewer levels from message to message. */
TEST(the_changes_of_one_message_in_any_order) {
  enum { MOST = 60 };
  bourse__book *book = new_book(0);
  static model m;
  uint64_t seed = 99;
  memset(&m, 0, sizeof m);
  for (int message = 0; message < 6000; message++) {
    bourse_level levels[MOST];
    int side = (int)(model_random(&seed) & 1), way = (int)(model_random(&seed) % 3);
    uint32_t count = (uint32_t)(model_random(&seed) % (MOST + 1)), thin = message / 700 % 2 == 0 ? 4 : 1;
    int64_t distance = 1 + (int64_t)(model_random(&seed) % 400);
    for (uint32_t i = 0; i < count; i++) {
      int64_t amount = model_random(&seed) % 5 < thin ? 1 + model_random(&seed) % 5000 : 0;
      if (way == 0) distance += (int64_t)(model_random(&seed) % 12);
      if (way == 1) distance -= distance > 12 ? (int64_t)(model_random(&seed) % 12) : 0;
      if (way == 2) distance = 1 + (int64_t)(model_random(&seed) % 480);
      if (distance > 480) distance = 480;
      int64_t price = 10000 + (side == BOURSE__BIDS ? -distance : distance);
      levels[i] = (bourse_level){model_decimal(price, -2), model_decimal(amount, -3)};
      model_set(&m, side, price, amount);
    }
    CHECK_INT(bourse__book_set(book, side, levels, count), BOURSE_OK);
    if (!model_equals(&m, book)) {
      TEST_FAIL("after message %d the books differ", message);
      break;
    }
  }
  bourse__book_free(book);
}

TEST(deep_books_fill_and_drain) {
  for (int ordered = 0; ordered < 2; ordered++)
    for (int32_t side = 0; side < 2; side++) {
      bourse__book *book = new_book(0);
      static model m;
      bourse_level batch[50];
      uint32_t count = 0;
      uint64_t seed = 23;
      memset(&m, 0, sizeof m);
      for (int i = 0; i < 60000; i++) {
        int64_t price = 1000 + (int64_t)(ordered ? (i % 2000 < 1000 ? (uint32_t)i % 500 : 499 - (uint32_t)i % 500)
                                                 : model_random(&seed) % 500);
        int draining = (i / 2000) % 2;
        int64_t amount = model_random(&seed) % 8 < (draining ? 7u : 1u) ? 0 : 1 + model_random(&seed) % 5000;
        batch[count++] = (bourse_level){model_decimal(price, -2), model_decimal(amount, -3)};
        model_set(&m, side, price, amount);
        if (count < 50 && i % 101 != 0 && model_random(&seed) % 32 != 0) continue;
        CHECK_INT(bourse__book_set(book, side, batch, count), BOURSE_OK);
        count = 0;
        if (i % 101 == 0 && !model_equals(&m, book)) {
          TEST_FAIL("after change %d the books differ", i);
          break;
        }
      }
      const bourse_level *top[MODEL_MAX];
      static bourse_level copies[MODEL_MAX];
      count = bourse__book_top(book, side, top, MODEL_MAX);
      CHECK_INT(count, bourse__book_count(book, side));
      CHECK_INT(bourse__book_top(book, side, top, 3), count < 3 ? count : 3u);
      bourse__book_copy(book, side, copies, count);
      for (uint32_t i = 0; i < count; i++)
        CHECK(memcmp(&copies[i], bourse__book_at(book, side, i), sizeof copies[i]) == 0);
      for (uint32_t i = 0; i < count && i < 3; i++) CHECK(top[i] == bourse__book_at(book, side, i));
      bourse__book_free(book);
    }
}

TEST(digits_stay_and_prices_are_compared_by_value) {
  bourse__book *book = new_book(0);
  CHECK_INT(set(book, BOURSE__BIDS, "100.50", "1.000"), BOURSE_OK);
  CHECK_INT(set(book, BOURSE__BIDS, "100.5", "2.00"), BOURSE_OK);
  CHECK_INT(bourse__book_count(book, BOURSE__BIDS), 1);
  check_level(book, BOURSE__BIDS, 0, "100.5", "2.00");
  CHECK_INT(set(book, BOURSE__BIDS, "0.00000012", "3"), BOURSE_OK); /* more decimals than any before */
  CHECK_INT(set(book, BOURSE__BIDS, "9999999997", "4"), BOURSE_OK);
  CHECK_INT(set(book, BOURSE__BIDS, "5.1e-05", "5"), BOURSE_OK);
  check_level(book, BOURSE__BIDS, 0, "9999999997", "4");
  check_level(book, BOURSE__BIDS, 1, "100.5", "2.00");
  check_level(book, BOURSE__BIDS, 2, "0.000051", "5");
  check_level(book, BOURSE__BIDS, 3, "0.00000012", "3");
  CHECK_INT(set(book, BOURSE__BIDS, "100.500", "0.0000"), BOURSE_OK);
  CHECK_INT(bourse__book_count(book, BOURSE__BIDS), 3);
  CHECK_INT(set(book, BOURSE__BIDS, "7", "0"), BOURSE_OK); /* not there */
  bourse__book_free(book);
}

/* Prices written with more digits than they need: the scale follows what is written as long as that fits, and goes back
 * to what is needed when it does not. */
TEST(the_scale_follows_what_is_written) {
  static const char *const prices[][6] = {
      {"100.50000000", "100.5", "100.25", "9999999997", "9999999997.50000000", "0.00000001"},
      {"1.000000000000000000", "9223372036854775807", "2.000000000000000000", "9223372036854775806.0", "3", "2.0"},
      {"0.000000000000000000000000001200", "0.0000000000000000000000000013", "0.0000000000000000000000000012",
       "0.00000000000000000000000000119", "0.000000000000000000000000001", "0.0000000000922337203"},
      {"1200e2", "120000.00000000000000000000", "120000.0", "1.2e5", "5e-7", "700000000000.0000"},
  };
  for (size_t row = 0; row < sizeof prices / sizeof prices[0]; row++)
    for (int32_t side = 0; side < 2; side++) {
      bourse__book *book = new_book(0);
      for (int i = 0; i < 6; i++) {
        bourse_level one = level(prices[row][i], "1.0");
        CHECK_INT(bourse__book_set(book, side, &one, 1), BOURSE_OK);
        one.amount = model_decimal(i + 2, 0);
        CHECK_INT(bourse__book_set(book, side, &one, 1), BOURSE_OK); /* found again at the new scale */
      }
      for (uint32_t i = 1; i < bourse__book_count(book, side); i++) {
        int32_t order =
            bourse_decimal_compare(&bourse__book_at(book, side, i - 1)->price, &bourse__book_at(book, side, i)->price);
        CHECK_INT(order, side == BOURSE__BIDS ? 1 : -1);
      }
      for (int i = 0; i < 6; i++) CHECK_INT(set(book, side, prices[row][i], "0"), BOURSE_OK);
      CHECK_INT(bourse__book_count(book, side), 0);
      bourse__book_free(book);
    }
}

/* What is too long for the scale that others are written at is kept when it is not too long for what they need. */
TEST(a_book_that_shrank_takes_longer_prices_again) {
  bourse__book *book = new_book(0);
  CHECK_INT(set(book, BOURSE__BIDS, "0.000000000001", "1"), BOURSE_OK);
  CHECK_INT(set(book, BOURSE__BIDS, "9999999997", "1"), BOURSE_ERROR_BAD_REPLY);
  CHECK_INT(set(book, BOURSE__BIDS, "0.000000000001", "0"), BOURSE_OK);
  CHECK_INT(set(book, BOURSE__BIDS, "9999999997", "1"), BOURSE_OK);
  CHECK_INT(set(book, BOURSE__BIDS, "9999999997.25", "1"), BOURSE_OK);
  check_level(book, BOURSE__BIDS, 1, "9999999997", "1");
  bourse__book_free(book);
}

/* --- Room --- */

static int allocations;
static void *counted_allocate(void *user_data, size_t size) {
  (void)user_data;
  allocations++;
  return malloc(size);
}
static void *counted_reallocate(void *user_data, void *memory, size_t size) {
  (void)user_data;
  allocations++;
  return realloc(memory, size);
}
static void counted_release(void *user_data, void *memory) {
  (void)user_data;
  free(memory);
}

/* Whole books in either order, emptied and filled again, then moving one way: memory is asked for while they grow only. */
TEST(books_that_grow_and_move_need_no_more_memory) {
  const bourse_allocator counted = {NULL, counted_allocate, counted_reallocate, counted_release};
  for (int upwards = 0; upwards < 2; upwards++)
    for (int32_t side = 0; side < 2; side++) {
      bourse__book *book;
      allocations = 0;
      CHECK_INT(bourse__book_new(&book, &counted, 500), BOURSE_OK);
      for (int round = 0; round < 3; round++) {
        bourse__book_clear(book);
        for (int i = 0; i < 500; i++) {
          bourse_level one = {model_decimal(100000 + (upwards ? i : 500 - i), -2), model_decimal(1 + i, 0)};
          CHECK_INT(bourse__book_set(book, side, &one, 1), BOURSE_OK);
        }
        CHECK_INT(bourse__book_count(book, side), 500);
      }
      CHECK(allocations <= 14); /* blocks and their order 2, 4, .. 16, levels 64, 128, .. 512, and the book */
      int before = allocations;
      for (int i = 0; i < 20000; i++) {
        int64_t price = 101000 + (side == BOURSE__BIDS ? i : -i);
        bourse_level one = {model_decimal(price, -2), model_decimal(1, 0)};
        CHECK_INT(bourse__book_set(book, side, &one, 1), BOURSE_OK);
        bourse__book_cut(book);
      }
      CHECK_INT(bourse__book_count(book, side), 500);
      check_level(book, side, 499, side == BOURSE__BIDS ? "1205.00" : "815.00", "1");
      CHECK_INT(allocations, before);
      bourse__book_free(book);
    }
}

/* A block that is full again after its first level went, and then gets another first one. */
TEST(a_first_level_gone_is_forgotten) {
  bourse__book *book = new_book(0);
  for (int64_t i = 1; i <= 64; i++) {
    bourse_level one = {model_decimal(i * 10, 0), model_decimal(1, 0)};
    CHECK_INT(bourse__book_set(book, BOURSE__BIDS, &one, 1), BOURSE_OK);
  }
  CHECK_INT(set(book, BOURSE__BIDS, "10", "0"), BOURSE_OK);
  CHECK_INT(set(book, BOURSE__BIDS, "645", "1"), BOURSE_OK);
  for (int i = 0; i < 3; i++) CHECK_INT(set(book, BOURSE__BIDS, "15", "2"), BOURSE_OK);
  CHECK_INT(bourse__book_count(book, BOURSE__BIDS), 65);
  check_level(book, BOURSE__BIDS, 64, "15", "2");
  bourse__book_free(book);
}

/* What is left of a book here and there takes no more blocks than it must. */
TEST(thinned_books_are_put_together) {
  const bourse_allocator counted = {NULL, counted_allocate, counted_reallocate, counted_release};
  for (int32_t side = 0; side < 2; side++) {
    bourse__book *book;
    allocations = 0;
    CHECK_INT(bourse__book_new(&book, &counted, 0), BOURSE_OK);
    for (int64_t i = 0; i < 8 * 500; i++) {
      bourse_level one = {model_decimal(i, -2), model_decimal(1, 0)};
      CHECK_INT(bourse__book_set(book, side, &one, 1), BOURSE_OK);
      for (int64_t k = i - 499; i % 500 == 499 && k <= i; k++) {
        bourse_level none = {model_decimal(k, -2), model_decimal(0, 0)};
        if (k % 50 != 0) CHECK_INT(bourse__book_set(book, side, &none, 1), BOURSE_OK);
      }
    }
    CHECK_INT(bourse__book_count(book, side), 80);
    CHECK(allocations <= 1 + 2 * 5 + 5); /* at most 32 blocks, 1024 levels */
    bourse__book_free(book);
  }
}

TEST(what_does_not_fit_is_refused) {
  bourse__book *book = new_book(0);
  CHECK_INT(set(book, BOURSE__ASKS, "-1", "1"), BOURSE_ERROR_BAD_REPLY);
  CHECK_INT(set(book, BOURSE__ASKS, "1", "-1"), BOURSE_ERROR_BAD_REPLY);
  CHECK_INT(set(book, BOURSE__ASKS, "123456789012345678901234567890", "1"), BOURSE_ERROR_BAD_REPLY);
  CHECK_INT(set(book, BOURSE__ASKS, "1e-40", "1"), BOURSE_ERROR_BAD_REPLY);
  bourse_level absent;
  memset(&absent, 0, sizeof absent);
  CHECK_INT(bourse__book_set(book, BOURSE__ASKS, &absent, 1), BOURSE_ERROR_BAD_REPLY);
  CHECK_INT(set(book, BOURSE__ASKS, "9223372036854775807", "340282366920938463463374607431768211455"), BOURSE_OK);
  CHECK_INT(set(book, BOURSE__ASKS, "0.5", "1"), BOURSE_ERROR_BAD_REPLY); /* no scale holds both */
  bourse__book_free(book);
}

TEST(crossed_and_volume) {
  bourse__book *book = new_book(0);
  bourse_decimal price, amount, cost;
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  CHECK(!bourse__book_is_crossed(book));
  set(book, BOURSE__BIDS, "99", "1");
  set(book, BOURSE__BIDS, "98.5", "2.5");
  set(book, BOURSE__BIDS, "90", "7");
  CHECK(!bourse__book_is_crossed(book));
  set(book, BOURSE__ASKS, "99.5", "1");
  CHECK(!bourse__book_is_crossed(book));
  bourse_decimal_parse(&price, "98.5", SIZE_MAX);
  CHECK_INT(bourse__book_volume(book, BOURSE__BIDS, &price, &amount, &cost), BOURSE_OK);
  bourse_decimal_format(text, sizeof text, &amount);
  CHECK_STR(text, "3.5");
  bourse_decimal_format(text, sizeof text, &cost);
  CHECK_STR(text, "345.25");
  bourse_decimal_parse(&price, "99.4", SIZE_MAX);
  CHECK_INT(bourse__book_volume(book, BOURSE__ASKS, &price, &amount, &cost), BOURSE_OK);
  CHECK_INT(bourse_decimal_sign(&amount), 0);
  set(book, BOURSE__ASKS, "99", "1");
  CHECK(bourse__book_is_crossed(book));
  bourse__book_clear(book);
  CHECK_INT(bourse__book_count(book, BOURSE__ASKS), 0);
  bourse__book_free(book);
}

/* --- Memory --- */

TEST(what_is_reserved_is_not_asked_for_later) {
  static const uint32_t depths[] = {0, 500};
  for (size_t d = 0; d < 2; d++) {
    int left = 100;
    const bourse_allocator few = few_allocator(&left);
    bourse__book *book = NULL;
    CHECK_INT(bourse__book_new(&book, &few, depths[d]), BOURSE_OK);
    CHECK_INT(bourse__book_reserve(book, BOURSE__BIDS, 300), BOURSE_OK);
    left = 0;
    for (int i = 0; i < 900; i++) {
      const bourse_level one = {model_decimal(10000 - i * 7919 % 900, -2), model_decimal(1, 0)};
      CHECK_INT(bourse__book_set(book, BOURSE__BIDS, &one, 1), BOURSE_OK);
      bourse__book_cut(book);
    }
    CHECK_INT(bourse__book_count(book, BOURSE__BIDS), depths[d] == 0 ? 900 : 500);
    CHECK_INT(bourse__book_reserve(book, BOURSE__ASKS, UINT32_MAX), BOURSE_ERROR_MEMORY);
    left = 100;
    CHECK_INT(bourse__book_reserve(book, BOURSE__ASKS, UINT32_MAX), BOURSE_OK);
    bourse__book_free(book);
  }
}

TEST(want_of_memory_is_told) {
  int left;
  const bourse_allocator few = few_allocator(&left);
  for (int n = 0; n < 8; n++) {
    bourse__book *book = NULL;
    left = n;
    int32_t code = bourse__book_new(&book, &few, 0);
    CHECK_INT(code, n == 0 ? BOURSE_ERROR_MEMORY : BOURSE_OK);
    for (int i = 1; code == BOURSE_OK && i < 300; i++) {
      bourse_level one = {model_decimal(i, -2), model_decimal(1, 0)};
      code = bourse__book_set(book, i & 1, &one, 1);
    }
    CHECK(code == BOURSE_OK || code == BOURSE_ERROR_MEMORY);
    bourse__book_free(book);
  }
}

TEST_MAIN()
