/* book/book.c - sorted levels, the best last: changes cluster there, so little is moved and little is looked through. */
#include <bourse/error.h>

#include <string.h>

#include "book/book.h"
#include "core/arena.h"
#include "core/wide.h"

#define SCALE_MAX 30

/* Keys and levels side by side: the search touches keys only. Bids are sorted upwards, asks downwards, by keys that are
 * negated for asks, so that both sides are upwards. */
typedef struct book_side {
  int64_t *keys;
  bourse_level *levels;
  uint32_t count;
  uint32_t capacity;
} book_side;

struct bourse__book {
  bourse_allocator allocator;
  book_side sides[2];
  uint32_t depth;
  int32_t scale; /* keys are prices times 10^scale */
};

int32_t bourse__book_new(bourse__book **out, const bourse_allocator *allocator, uint32_t depth) {
  bourse__book *book = bourse__alloc(allocator, sizeof *book);
  *out = book;
  if (book == NULL) return BOURSE_ERROR_MEMORY;
  book->allocator = *allocator;
  book->depth = depth;
  return BOURSE_OK;
}

void bourse__book_free(bourse__book *book) {
  if (book == NULL) return;
  bourse_allocator allocator = book->allocator;
  for (int32_t side = 0; side < 2; side++) {
    bourse__release(&allocator, book->sides[side].keys);
    bourse__release(&allocator, book->sides[side].levels);
  }
  bourse__release(&allocator, book);
}

void bourse__book_clear(bourse__book *book) {
  book->sides[0].count = book->sides[1].count = 0;
  book->scale = 0;
}

/* The price in units of 10^-scale; 0: does not fit, or has more decimals (*more says how many it needs). */
static int32_t key_of(int64_t *out, int32_t *more, const bourse_decimal *price, int32_t scale) {
  u128 value = (u128)price->high << 64 | price->low;
  int32_t shift = price->exponent + scale;
  *more = 0;
  while (shift < 0 && value != 0 && value % 10 == 0) {
    value /= 10;
    shift++;
  }
  if (value == 0) shift = 0;
  if (shift < 0) {
    *more = scale - shift;
    return 0;
  }
  if (shift > 19 || value > INT64_MAX || (u128)value * pow10_64[shift] > INT64_MAX) return 0;
  *out = (int64_t)(value * pow10_64[shift]);
  return 1;
}

/* All keys at a finer scale; 0: one does not fit. */
static int32_t rescale(bourse__book *book, int32_t scale) {
  int32_t ignored;
  if (scale > SCALE_MAX) return 0;
  for (int32_t side = 0; side < 2; side++)
    for (uint32_t i = 0; i < book->sides[side].count; i++) {
      int64_t key;
      if (!key_of(&key, &ignored, &book->sides[side].levels[i].price, scale)) return 0;
      book->sides[side].keys[i] = side == BOURSE__BIDS ? key : -key;
    }
  book->scale = scale;
  return 1;
}

static int32_t grow(bourse__book *book, book_side *side) {
  uint32_t capacity = side->capacity == 0 ? 64 : side->capacity * 2;
  int64_t *keys = bourse__realloc(&book->allocator, side->keys, capacity * sizeof *keys);
  if (keys != NULL) side->keys = keys;
  bourse_level *levels =
      keys == NULL ? NULL : bourse__realloc(&book->allocator, side->levels, capacity * sizeof *levels);
  if (levels == NULL) return 0;
  side->levels = levels;
  side->capacity = capacity;
  return 1;
}

/* First place whose key is not below. */
static uint32_t place_of(const book_side *side, int64_t key) {
  uint32_t at = side->count, steps = 0;
  while (at > 0 && side->keys[at - 1] >= key && steps < 16) at--, steps++;
  if (at == 0 || side->keys[at - 1] < key) return at;
  uint32_t low = 0, high = at;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (side->keys[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static int32_t set_level(bourse__book *book, int32_t which, const bourse_level *level) {
  book_side *side = &book->sides[which];
  int64_t key;
  int32_t more;
  if ((level->price.flags & level->amount.flags & BOURSE_DECIMAL_PRESENT) == 0 ||
      ((level->price.flags | level->amount.flags) & BOURSE_DECIMAL_NEGATIVE) != 0)
    return BOURSE_ERROR_BAD_REPLY;
  if (!key_of(&key, &more, &level->price, book->scale) &&
      (more == 0 || !rescale(book, more) || !key_of(&key, &more, &level->price, book->scale)))
    return BOURSE_ERROR_BAD_REPLY;
  if (which == BOURSE__ASKS) key = -key;
  uint32_t at = place_of(side, key);
  int32_t found = at < side->count && side->keys[at] == key;
  if ((level->amount.low | level->amount.high) == 0) {
    if (!found) return BOURSE_OK;
    side->count--;
    memmove(side->keys + at, side->keys + at + 1, (side->count - at) * sizeof *side->keys);
    memmove(side->levels + at, side->levels + at + 1, (side->count - at) * sizeof *side->levels);
    return BOURSE_OK;
  }
  if (!found) {
    if (side->count == side->capacity && !grow(book, side)) return BOURSE_ERROR_MEMORY;
    memmove(side->keys + at + 1, side->keys + at, (side->count - at) * sizeof *side->keys);
    memmove(side->levels + at + 1, side->levels + at, (side->count - at) * sizeof *side->levels);
    side->keys[at] = key;
    side->count++;
  }
  side->levels[at] = *level;
  return BOURSE_OK;
}

int32_t bourse__book_set(bourse__book *book, int32_t side, const bourse_level *levels, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    int32_t code = set_level(book, side, &levels[i]);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}

void bourse__book_cut(bourse__book *book) {
  for (int32_t which = 0; which < 2 && book->depth > 0; which++) {
    book_side *side = &book->sides[which];
    if (side->count <= book->depth) continue;
    uint32_t drop = side->count - book->depth;
    memmove(side->keys, side->keys + drop, book->depth * sizeof *side->keys);
    memmove(side->levels, side->levels + drop, book->depth * sizeof *side->levels);
    side->count = book->depth;
  }
}

uint32_t bourse__book_count(const bourse__book *book, int32_t side) { return book->sides[side].count; }

const bourse_level *bourse__book_at(const bourse__book *book, int32_t side, uint32_t index) {
  const book_side *of = &book->sides[side];
  return index < of->count ? &of->levels[of->count - 1 - index] : NULL;
}

int32_t bourse__book_is_crossed(const bourse__book *book) {
  const book_side *bids = &book->sides[BOURSE__BIDS], *asks = &book->sides[BOURSE__ASKS];
  return bids->count > 0 && asks->count > 0 && bids->keys[bids->count - 1] >= -asks->keys[asks->count - 1];
}

int32_t bourse__book_volume(const bourse__book *book, int32_t side, const bourse_decimal *price,
                            bourse_decimal *out_amount, bourse_decimal *out_cost) {
  bourse_decimal amount, cost, part;
  bourse_decimal_from_int64(&amount, 0);
  bourse_decimal_from_int64(&cost, 0);
  for (uint32_t i = 0; i < book->sides[side].count; i++) {
    const bourse_level *level = bourse__book_at(book, side, i);
    int32_t order = bourse_decimal_compare(&level->price, price);
    if (side == BOURSE__BIDS ? order < 0 : order > 0) break;
    int32_t code = bourse_decimal_add(&amount, &amount, &level->amount);
    if (code == BOURSE_OK) code = bourse_decimal_mul(&part, &level->price, &level->amount);
    if (code == BOURSE_OK) code = bourse_decimal_add(&cost, &cost, &part);
    if (code != BOURSE_OK) return code;
  }
  *out_amount = amount;
  *out_cost = cost;
  return BOURSE_OK;
}
