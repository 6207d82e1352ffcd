/* book/book.c - sorted levels, the best last: changes cluster there, so little is moved and little is looked through. */
#include <bourse/error.h>

#include <string.h>

#include "book/book.h"
#include "core/arena.h"
#include "core/wide.h"

#define SCALE_MAX      30
#define CAPACITY_FIRST 64
#define NONE           UINT32_MAX

/* Keys in order, and beside each the slot where its level stays: most changes of a real book come and go somewhere below
 * its best levels, and so little is moved for them. Both sides are sorted upwards, for the keys of asks are negated. There
 * is room at both ends: a snapshot comes best first. */
typedef struct book_side {
  int64_t *keys;
  uint32_t *slots;
  bourse_level *levels;
  uint32_t first;
  uint32_t end;
  uint32_t capacity;
  uint32_t used; /* slots from here on were never taken */
  uint32_t free; /* a slot left, whose price.low is the next one; NONE */
  uint32_t version;
} book_side;

struct bourse__book {
  bourse_allocator allocator;
  book_side sides[2];
  uint32_t depth;
  int32_t scale; /* keys are prices times 10^scale */
  int32_t tight; /* keys of prices with all their zeros do not fit */
};

int32_t bourse__book_new(bourse__book **out, const bourse_allocator *allocator, uint32_t depth) {
  bourse__book *book = bourse__alloc(allocator, sizeof *book);
  *out = book;
  if (book == NULL) return BOURSE_ERROR_MEMORY;
  book->allocator = *allocator;
  book->depth = depth;
  book->sides[0].free = book->sides[1].free = NONE;
  return BOURSE_OK;
}

void bourse__book_free(bourse__book *book) {
  if (book == NULL) return;
  bourse_allocator allocator = book->allocator;
  for (int32_t side = 0; side < 2; side++) {
    bourse__release(&allocator, book->sides[side].keys);
    bourse__release(&allocator, book->sides[side].slots);
    bourse__release(&allocator, book->sides[side].levels);
  }
  bourse__release(&allocator, book);
}

void bourse__book_clear(bourse__book *book) {
  for (int32_t side = 0; side < 2; side++) {
    book_side *of = &book->sides[side];
    of->first = of->end = of->capacity / 2;
    of->used = 0;
    of->free = NONE;
    of->version++;
  }
  book->scale = 0;
  book->tight = 0;
}

/* --- Keys --- */

/* The price in units of 10^-scale; 0: does not fit as it is written. */
static inline int32_t written_key(int64_t *out, const bourse_decimal *price, int32_t scale) {
  int32_t shift = price->exponent + scale;
  if (price->high != 0 || shift < 0 || shift > 19) return 0;
  u128 key = (u128)price->low * pow10_64[shift];
  if (key > INT64_MAX) return 0;
  *out = (int64_t)key;
  return 1;
}

/* Without the zeros at its end. */
static bourse_decimal trimmed(const bourse_decimal *price) {
  bourse_decimal out = *price;
  u128 value = (u128)price->high << 64 | price->low;
  if (value == 0) out.exponent = 0;
  for (; value != 0 && value % 10 == 0; value /= 10) out.exponent++;
  out.low = (uint64_t)value;
  out.high = (uint64_t)(value >> 64);
  return out;
}

/* All keys at another scale, a coarser one only when no digit is lost; 0: one does not fit, and nothing was changed. */
static int32_t rescale(bourse__book *book, int32_t scale) {
  uint64_t largest = 0;
  int32_t more = scale - book->scale;
  if (scale > SCALE_MAX) return 0;
  for (int32_t side = 0; side < 2; side++)
    for (uint32_t i = book->sides[side].first; i < book->sides[side].end; i++) {
      int64_t key = book->sides[side].keys[i];
      uint64_t size = (uint64_t)(key < 0 ? -key : key);
      if (size > largest) largest = size;
    }
  if (largest != 0 && (more > 18 || (more > 0 && largest > (uint64_t)INT64_MAX / pow10_64[more]))) return 0;
  int64_t factor = largest == 0 ? 1 : (int64_t)pow10_64[more < 0 ? -more : more];
  for (int32_t side = 0; side < 2; side++)
    for (uint32_t i = book->sides[side].first; i < book->sides[side].end; i++)
      book->sides[side].keys[i] = more < 0 ? book->sides[side].keys[i] / factor : book->sides[side].keys[i] * factor;
  book->scale = scale;
  return 1;
}

/* The decimals that the prices have when their last zeros are left out. */
static int32_t decimals_needed(const bourse__book *book, const bourse_decimal *price) {
  int32_t least = trimmed(price).exponent;
  for (int32_t side = 0; side < 2; side++)
    for (uint32_t i = book->sides[side].first; i < book->sides[side].end; i++) {
      int32_t exponent = trimmed(&book->sides[side].levels[book->sides[side].slots[i]].price).exponent;
      if (exponent < least) least = exponent;
    }
  return least < 0 ? -least : 0;
}

/* The key of a price that has more decimals than any before, or is too long for the scale: the scale follows what is
 * written, or, where that is too long, what is needed. 0: there is no scale for this price and the others. */
static int32_t new_key(int64_t *out, bourse__book *book, const bourse_decimal *price) {
  if (!book->tight && -price->exponent > book->scale && rescale(book, -price->exponent) &&
      written_key(out, price, book->scale))
    return 1;
  bourse_decimal bare = trimmed(price);
  if (written_key(out, &bare, book->scale)) return 1;
  book->tight = 1;
  return rescale(book, decimals_needed(book, price)) && written_key(out, &bare, book->scale);
}

/* --- Places --- */

/* First place whose key is not below; looked for from `near` on, by steps that double and then by halves: the changes of one
 * message come in order, and the first is not far from the best. */
static inline uint32_t place_of(const book_side *side, int64_t key, uint32_t near) {
  const int64_t *keys = side->keys;
  uint32_t low, high, step = 1;
  if (near > side->first && keys[near - 1] >= key) {
    for (high = near - 1; high - side->first >= step && keys[high - step] >= key; step *= 2) high -= step;
    low = high - side->first >= step ? high - step + 1 : side->first;
  } else {
    for (low = near; side->end - low >= step && keys[low + step - 1] < key; step *= 2) low += step;
    high = side->end - low >= step ? low + step - 1 : side->end;
  }
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (keys[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static inline void move(book_side *side, uint32_t to, uint32_t from, uint32_t count) {
  memmove(side->keys + to, side->keys + from, count * sizeof *side->keys);
  memmove(side->slots + to, side->slots + from, count * sizeof *side->slots);
}

static int32_t grow(bourse__book *book, book_side *side) {
  uint32_t capacity = side->capacity == 0 ? CAPACITY_FIRST : side->capacity * 2;
  int64_t *keys = bourse__realloc(&book->allocator, side->keys, capacity * sizeof *keys);
  if (keys == NULL) return 0;
  side->keys = keys;
  uint32_t *slots = bourse__realloc(&book->allocator, side->slots, capacity * sizeof *slots);
  if (slots == NULL) return 0;
  side->slots = slots;
  bourse_level *levels = bourse__realloc(&book->allocator, side->levels, capacity * sizeof *levels);
  if (levels == NULL) return 0;
  side->levels = levels;
  side->capacity = capacity;
  return 1;
}

/* Room at both ends: what there is goes to the middle, of twice the memory when it is nearly full. */
static int32_t make_room(bourse__book *book, book_side *side) {
  uint32_t count = side->end - side->first;
  if (count >= side->capacity / 4 * 3 && !grow(book, side)) return 0;
  uint32_t first = (side->capacity - count) / 2;
  if (count > 0) move(side, first, side->first, count);
  side->first = first;
  side->end = first + count;
  return 1;
}

/* Opens a place, moving the shorter part; *at is where it is then. 0: no memory. */
static int32_t open_place(bourse__book *book, book_side *side, uint32_t *at) {
  uint32_t before = *at - side->first;
  int32_t upwards = side->end - *at <= before;
  if (upwards ? side->end == side->capacity : side->first == 0) {
    if (!make_room(book, side)) return 0;
    *at = side->first + before;
  }
  if (upwards) {
    if (side->end > *at) move(side, *at + 1, *at, side->end - *at);
    side->end++;
  } else {
    if (before > 0) move(side, side->first - 1, side->first, before);
    side->first--;
    --*at;
  }
  uint32_t slot = side->free;
  if (slot == NONE)
    slot = side->used++;
  else
    side->free = (uint32_t)side->levels[slot].price.low;
  side->slots[*at] = slot;
  return 1;
}

static inline void free_slot(book_side *side, uint32_t slot) {
  side->levels[slot].price.low = side->free;
  side->free = slot;
}

/* What was behind the place is then at it; returns where that is. */
static uint32_t close_place(book_side *side, uint32_t at) {
  uint32_t before = at - side->first, after = side->end - at - 1;
  free_slot(side, side->slots[at]);
  if (after <= before) {
    if (after > 0) move(side, at, at + 1, after);
    side->end--;
    return at;
  }
  if (before > 0) move(side, side->first + 1, side->first, before);
  side->first++;
  return at + 1;
}

/* --- Changing --- */

/* `near` is a place of this side to begin looking at, and becomes the level's. */
static inline int32_t set_level(bourse__book *book, int32_t which, const bourse_level *level, uint32_t *near) {
  book_side *side = &book->sides[which];
  int64_t key;
  if ((level->price.flags & level->amount.flags & BOURSE_DECIMAL_PRESENT) == 0 ||
      ((level->price.flags | level->amount.flags) & BOURSE_DECIMAL_NEGATIVE) != 0)
    return BOURSE_ERROR_BAD_REPLY;
  if (!written_key(&key, &level->price, book->scale) && !new_key(&key, book, &level->price))
    return BOURSE_ERROR_BAD_REPLY;
  if (which == BOURSE__ASKS) key = -key;
  uint32_t at = place_of(side, key, *near);
  int32_t found = at < side->end && side->keys[at] == key;
  if ((level->amount.low | level->amount.high) == 0) {
    *near = found ? close_place(side, at) : at;
    return BOURSE_OK;
  }
  if (!found) {
    if (!open_place(book, side, &at)) return BOURSE_ERROR_MEMORY;
    side->keys[at] = key;
  }
  side->levels[side->slots[at]] = *level;
  *near = at;
  return BOURSE_OK;
}

int32_t bourse__book_set(bourse__book *book, int32_t side, const bourse_level *levels, uint32_t count) {
  uint32_t near = book->sides[side].end;
  book->sides[side].version += count > 0;
  for (uint32_t i = 0; i < count; i++) {
    int32_t code = set_level(book, side, &levels[i], &near);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}

void bourse__book_cut(bourse__book *book) {
  for (int32_t which = 0; which < 2 && book->depth > 0; which++) {
    book_side *side = &book->sides[which];
    while (side->end - side->first > book->depth) free_slot(side, side->slots[side->first++]);
  }
}

/* --- Reading --- */

uint32_t bourse__book_count(const bourse__book *book, int32_t side) {
  return book->sides[side].end - book->sides[side].first;
}

uint32_t bourse__book_version(const bourse__book *book, int32_t side) { return book->sides[side].version; }

const bourse_level *bourse__book_at(const bourse__book *book, int32_t side, uint32_t index) {
  const book_side *of = &book->sides[side];
  return index < of->end - of->first ? &of->levels[of->slots[of->end - 1 - index]] : NULL;
}

uint32_t bourse__book_top(const bourse__book *book, int32_t side, const bourse_level **out, uint32_t most) {
  const book_side *of = &book->sides[side];
  uint32_t count = of->end - of->first;
  if (count > most) count = most;
  const uint32_t *slot = of->slots + of->end;
  for (uint32_t i = 0; i < count; i++) out[i] = &of->levels[*--slot];
  return count;
}

int32_t bourse__book_is_crossed(const bourse__book *book) {
  const book_side *bids = &book->sides[BOURSE__BIDS], *asks = &book->sides[BOURSE__ASKS];
  return bids->end > bids->first && asks->end > asks->first && bids->keys[bids->end - 1] >= -asks->keys[asks->end - 1];
}

int32_t bourse__book_volume(const bourse__book *book, int32_t side, const bourse_decimal *price,
                            bourse_decimal *out_amount, bourse_decimal *out_cost) {
  bourse_decimal amount, cost, part;
  bourse_decimal_from_int64(&amount, 0);
  bourse_decimal_from_int64(&cost, 0);
  for (uint32_t i = 0; i < bourse__book_count(book, side); i++) {
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
