/* book/book.c - sorted levels, the best last. Changes come in the order of their prices and cluster near the best, but many
 * of a real book come and go hundreds of levels away: so keys stand in short blocks, and little is moved for any of them. */
#include <bourse/error.h>

#include <string.h>

#include "book/book.h"
#include "core/arena.h"
#include "core/wide.h"

#define SCALE_MAX    30
#define BLOCK        64
#define NEAR         8
#define AT_ONCE      4
#define RESERVED_MAX 16384
#define FEW_BLOCKS   4
#define BLOCK_SPARSE 16 /* two neighbours with no more than this become one */
#define NONE         UINT32_MAX
#define AFTER_ALL    INT64_MAX

/* What is kept apart leaves the registers to what is done for every level. */
#ifdef __GNUC__
#define APART static __attribute__((noinline))
#else
#define APART static
#endif

/* Keys upwards, and beside each the slot where its level stays. Behind the last key all are AFTER_ALL, and there is room for
 * as many more as are moved at once. */
typedef struct key_block {
  int64_t keys[BLOCK + AT_ONCE];
  uint32_t slots[BLOCK + AT_ONCE];
} key_block;

typedef struct block_place {
  int64_t low; /* the block's first key */
  uint32_t block;
  uint32_t count; /* never 0 */
} block_place;

/* Things of one size, of which those given back are taken first. */
typedef struct stock {
  uint32_t capacity;
  uint32_t used; /* from here on none was ever taken */
  uint32_t free; /* one given back, which names the next; NONE */
} stock;

/* Both sides are sorted upwards, for the keys of asks are negated. */
typedef struct book_side {
  block_place *order; /* room for as many as there are blocks, and FEW_BLOCKS at least */
  key_block *blocks;
  bourse_level *levels;
  bourse__level_sum *sums; /* beside the levels; NULL: not kept, or no level yet */
  stock block_stock;
  stock level_stock;
  uint32_t order_count;
  uint32_t count;
  uint32_t version;
  block_place few[FEW_BLOCKS]; /* the order, while it is short */
} book_side;

struct bourse__book {
  bourse_allocator allocator;
  book_side sides[2];
  uint32_t depth;
  int32_t scale; /* keys are prices times 10^scale */
  int32_t tight; /* keys of prices with all their zeros do not fit */
  int32_t keep_sums;
};

static void empty(book_side *side) {
  side->block_stock.used = side->level_stock.used = 0;
  side->block_stock.free = side->level_stock.free = NONE;
  side->order_count = side->count = 0;
}

int32_t bourse__book_new(bourse__book **out, const bourse_allocator *allocator, uint32_t depth) {
  bourse__book *book = bourse__alloc(allocator, sizeof *book);
  *out = book;
  if (book == NULL) return BOURSE_ERROR_MEMORY;
  book->allocator = *allocator;
  book->depth = depth;
  for (int32_t side = 0; side < 2; side++) {
    empty(&book->sides[side]);
    book->sides[side].order = book->sides[side].few;
  }
  return BOURSE_OK;
}

void bourse__book_free(bourse__book *book) {
  if (book == NULL) return;
  bourse_allocator allocator = book->allocator;
  for (int32_t side = 0; side < 2; side++) {
    if (book->sides[side].order != book->sides[side].few) bourse__release(&allocator, book->sides[side].order);
    bourse__release(&allocator, book->sides[side].blocks);
    bourse__release(&allocator, book->sides[side].levels);
    bourse__release(&allocator, book->sides[side].sums);
  }
  bourse__release(&allocator, book);
}

void bourse__book_keep_sums(bourse__book *book) { book->keep_sums = 1; }

void bourse__book_clear(bourse__book *book) {
  for (int32_t side = 0; side < 2; side++) {
    empty(&book->sides[side]);
    book->sides[side].version++;
  }
  book->scale = 0;
  book->tight = 0;
}

/* --- Keys --- */

/* The price in units of 10^-scale; 0: does not fit as it is written. Most have the decimals that the scale has. */
static inline int32_t written_key(int64_t *out, const bourse_decimal *price, int32_t scale) {
  int32_t shift = price->exponent + scale;
  if (price->high != 0 || (uint32_t)shift > 19) return 0;
  if (shift == 0) {
    *out = (int64_t)price->low;
    return *out >= 0;
  }
  u128 key = u128_words(price->low, pow10_64[shift]);
  if (u128_high(key) != 0 || u128_low(key) > INT64_MAX) return 0;
  *out = (int64_t)u128_low(key);
  return 1;
}

/* Without the zeros at its end. */
static bourse_decimal trimmed(const bourse_decimal *price) {
  bourse_decimal out = *price;
  u128 value = u128_of(price->high, price->low), ten = u128_from(10);
  if (u128_is_zero(value)) out.exponent = 0;
  for (; !u128_is_zero(value) && u128_is_zero(u128_rest(value, ten)); value = u128_divide(value, ten)) out.exponent++;
  out.low = u128_low(value);
  out.high = u128_high(value);
  return out;
}

/* All keys at another scale, a coarser one only when no digit is lost; 0: one does not fit, and nothing was changed. */
static int32_t rescale(bourse__book *book, int32_t scale) {
  int32_t more = scale - book->scale;
  if (scale > SCALE_MAX) return 0;
  for (int32_t which = 0; which < 2; which++) {
    const book_side *side = &book->sides[which];
    /* The first and the last are the largest, by whatever sign. */
    for (uint32_t i = 0; i < 2 && side->count > 0; i++) {
      const block_place *place = &side->order[i == 0 ? 0 : side->order_count - 1];
      int64_t key = side->blocks[place->block].keys[i == 0 ? 0 : place->count - 1];
      if (key < 0) key = -key;
      if (key != 0 && (more > 18 || (more > 0 && (uint64_t)key > (uint64_t)INT64_MAX / pow10_64[more]))) return 0;
    }
  }
  /* Keys that are all 0 may go any way. */
  int64_t factor = more < -18 || more > 18 ? 1 : (int64_t)pow10_64[more < 0 ? -more : more];
  for (int32_t which = 0; which < 2; which++) {
    book_side *side = &book->sides[which];
    for (block_place *place = side->order; place < side->order + side->order_count; place++) {
      int64_t *keys = side->blocks[place->block].keys;
      for (uint32_t i = 0; i < place->count; i++) keys[i] = more < 0 ? keys[i] / factor : keys[i] * factor;
      place->low = keys[0];
    }
  }
  book->scale = scale;
  return 1;
}

/* The decimals that the prices have when their last zeros are left out. */
static int32_t decimals_needed(const bourse__book *book, const bourse_decimal *price) {
  int32_t least = trimmed(price).exponent;
  for (int32_t which = 0; which < 2; which++) {
    const book_side *side = &book->sides[which];
    for (uint32_t i = 0; i < side->count; i++) {
      int32_t exponent = trimmed(&bourse__book_at(book, which, i)->price).exponent;
      if (exponent < least) least = exponent;
    }
  }
  return least < 0 ? -least : 0;
}

/* The key of a price that has more decimals than any before, or is too long for the scale: the scale follows what is
 * written, or, where that is too long, what is needed. 0: there is no scale for this price and the others. */
APART int32_t new_key(int64_t *out, bourse__book *book, const bourse_decimal *price) {
  if (!book->tight && -price->exponent > book->scale && rescale(book, -price->exponent) &&
      written_key(out, price, book->scale))
    return 1;
  bourse_decimal bare = trimmed(price);
  if (written_key(out, &bare, book->scale)) return 1;
  book->tight = 1;
  return rescale(book, decimals_needed(book, price)) && written_key(out, &bare, book->scale);
}

/* --- Memory --- */

static inline int32_t has_room(const stock *of) { return of->free != NONE || of->used < of->capacity; }

static int32_t grow_order(const bourse_allocator *allocator, book_side *side, uint32_t capacity) {
  int32_t inside = side->order == side->few;
  if (capacity <= FEW_BLOCKS) return 1;
  block_place *order = bourse__realloc(allocator, inside ? NULL : side->order, capacity * sizeof *order);
  if (order == NULL) return 0;
  if (inside) memcpy(order, side->few, sizeof side->few);
  side->order = order;
  return 1;
}

static int32_t hold_blocks(const bourse_allocator *allocator, book_side *side, uint32_t capacity) {
  if (!grow_order(allocator, side, capacity)) return 0;
  key_block *blocks = bourse__realloc(allocator, side->blocks, capacity * sizeof *blocks);
  if (blocks == NULL) return 0;
  side->blocks = blocks;
  side->block_stock.capacity = capacity;
  return 1;
}

static int32_t hold_levels(const bourse__book *book, book_side *side, uint32_t capacity) {
  bourse_level *levels = bourse__realloc(&book->allocator, side->levels, capacity * sizeof *levels);
  if (levels == NULL) return 0;
  side->levels = levels;
  if (book->keep_sums) {
    bourse__level_sum *sums = bourse__realloc(&book->allocator, side->sums, capacity * sizeof *sums);
    if (sums == NULL) return 0;
    side->sums = sums;
  }
  side->level_stock.capacity = capacity;
  return 1;
}

/* Room for one level more, and for a block more where it may want one. */
static int32_t grow(bourse__book *book, book_side *side) {
  const uint32_t blocks = side->block_stock.capacity, levels = side->level_stock.capacity;
  if (!has_room(&side->block_stock) && !hold_blocks(&book->allocator, side, blocks == 0 ? 2 : blocks * 2)) return 0;
  return has_room(&side->level_stock) || hold_levels(book, side, levels == 0 ? BLOCK : levels * 2);
}

int32_t bourse__book_reserve(bourse__book *book, int32_t which, uint32_t count) {
  book_side *side = &book->sides[which];
  if (count > RESERVED_MAX / 4) count = RESERVED_MAX / 4;
  uint32_t levels = count * 4;
  if (book->depth > 0 && levels / 2 > book->depth) levels = book->depth * 2;
  if (levels < BLOCK) levels = BLOCK;
  uint32_t blocks = levels / (BLOCK / 2);
  if (side->level_stock.capacity < levels && !hold_levels(book, side, levels)) return BOURSE_ERROR_MEMORY;
  if (side->block_stock.capacity < blocks && !hold_blocks(&book->allocator, side, blocks)) return BOURSE_ERROR_MEMORY;
  return BOURSE_OK;
}

static inline uint32_t take_slot(book_side *side) {
  uint32_t slot = side->level_stock.free;
  if (slot == NONE) return side->level_stock.used++;
  side->level_stock.free = (uint32_t)side->levels[slot].price.low;
  return slot;
}

static inline void put_level(book_side *side, uint32_t slot, const bourse_level *level) {
  side->levels[slot] = *level;
  if (side->sums != NULL) side->sums[slot].length = 0;
}

static inline void give_slot(book_side *side, uint32_t slot) {
  side->levels[slot].price.low = side->level_stock.free;
  side->level_stock.free = slot;
}

/* --- Blocks --- */

static void empty_keys(key_block *block, uint32_t from, uint32_t to) {
  for (uint32_t i = from; i < to; i++) block->keys[i] = AFTER_ALL;
}

/* A new block before the place `at` of the order. */
static block_place *add_block(book_side *side, uint32_t at) {
  uint32_t block = side->block_stock.free;
  block_place *place = side->order + at;
  if (block == NONE)
    block = side->block_stock.used++;
  else
    side->block_stock.free = side->blocks[block].slots[0];
  empty_keys(&side->blocks[block], 0, BLOCK + AT_ONCE);
  memmove(place + 1, place, (side->order_count++ - at) * sizeof *place);
  *place = (block_place){0, block, 0};
  return place;
}

static void remove_block(book_side *side, uint32_t at) {
  block_place *place = side->order + at;
  side->blocks[place->block].slots[0] = side->block_stock.free;
  side->block_stock.free = place->block;
  memmove(place, place + 1, (--side->order_count - at) * sizeof *place);
}

static inline void move(key_block *to, uint32_t to_at, const key_block *from, uint32_t from_at, uint32_t count) {
  memmove(to->keys + to_at, from->keys + from_at, count * sizeof *to->keys);
  memmove(to->slots + to_at, from->slots + from_at, count * sizeof *to->slots);
}

static inline void move_some(int64_t *to_key, uint32_t *to_slot, const int64_t *key, const uint32_t *slot) {
  int64_t keys[AT_ONCE];
  uint32_t slots[AT_ONCE];
  memcpy(keys, key, sizeof keys);
  memcpy(slots, slot, sizeof slots);
  memcpy(to_key, keys, sizeof keys);
  memcpy(to_slot, slots, sizeof slots);
}

/* Makes room for one at a place of `count`. */
static inline void open_place(key_block *block, uint32_t at, uint32_t count) {
  int64_t *key = block->keys + count, *const first = block->keys + at;
  uint32_t *slot = block->slots + count;
  for (; key - first >= AT_ONCE; key -= AT_ONCE, slot -= AT_ONCE)
    move_some(key - AT_ONCE + 1, slot - AT_ONCE + 1, key - AT_ONCE, slot - AT_ONCE);
  for (; key > first; key--, slot--) {
    *key = key[-1];
    *slot = slot[-1];
  }
}

/* Takes one out of a place of `count`. What is behind the last is moved along, and stays as it must be. */
static inline void close_place(key_block *block, uint32_t at, uint32_t count) {
  int64_t *key = block->keys + at, *const end = block->keys + count;
  uint32_t *slot = block->slots + at;
  for (; key < end; key += AT_ONCE, slot += AT_ONCE) move_some(key, slot, key + 1, slot + 1);
}

/* A full block becomes two; at the ends of the side the new one is empty, for there more will come. Corrects the place. */
static void split(book_side *side, uint32_t *near, uint32_t *at) {
  if (*near == 0 && *at == 0) {
    add_block(side, 0);
    return;
  }
  block_place *upper = add_block(side, *near + 1), *lower = upper - 1;
  uint32_t keep = *near + 2 == side->order_count && *at == BLOCK ? BLOCK : BLOCK / 2;
  upper->count = lower->count - keep;
  lower->count = keep;
  if (upper->count > 0) {
    move(&side->blocks[upper->block], 0, &side->blocks[lower->block], keep, upper->count);
    empty_keys(&side->blocks[lower->block], keep, BLOCK);
    upper->low = side->blocks[upper->block].keys[0];
  }
  if (*at < keep) return;
  *at -= keep;
  ++*near;
}

/* Two neighbours become one when there is little in them. */
static void join(book_side *side, uint32_t lower) {
  if (lower + 1 >= side->order_count) return;
  block_place *to = side->order + lower, *from = to + 1;
  if (to->count > BLOCK_SPARSE || from->count > BLOCK_SPARSE) return;
  move(&side->blocks[to->block], to->count, &side->blocks[from->block], 0, from->count);
  to->count += from->count;
  remove_block(side, lower + 1);
}

/* Takes out levels of one block; 1: none is left, and the block is gone. */
static int32_t take_out(book_side *side, uint32_t near, uint32_t at, uint32_t count) {
  block_place *place = side->order + near;
  key_block *block = &side->blocks[place->block];
  for (uint32_t i = 0; i < count; i++) give_slot(side, block->slots[at + i]);
  side->count -= count;
  place->count -= count;
  if (place->count == 0) {
    remove_block(side, near);
    return 1;
  }
  if (at < place->count) move(block, at, block, at + count, place->count - at);
  empty_keys(block, place->count, place->count + count);
  place->low = block->keys[0];
  return 0;
}

/* --- Changing --- */

/* Where the level before was: the changes of one message come in order. Keys from `from` on, below `to`, are or belong in
 * the block; none when that is to be found anew. */
typedef struct spot {
  int64_t from;
  int64_t to;
  block_place *place;
  key_block *block; /* NULL: there is none */
  uint32_t near;    /* the block's place in the order */
} spot;

static inline void lose_spot(spot *is) {
  is->from = INT64_MAX;
  is->to = INT64_MIN;
}

/* Mostly changes are in the best block. */
static inline spot best_spot(const book_side *side) {
  spot is = {.from = INT64_MAX, .to = INT64_MIN};
  if (side->order_count == 0) return is;
  is.near = side->order_count - 1;
  is.place = side->order + is.near;
  is.block = &side->blocks[is.place->block];
  is.from = is.near == 0 ? INT64_MIN : is.place->low;
  is.to = AFTER_ALL;
  return is;
}

APART void find_spot(spot *is, const book_side *side, int64_t key) {
  block_place *const first = side->order, *const last = first + side->order_count - 1, *place = first + is->near;
  if (side->order_count == 0) {
    is->block = NULL;
    return;
  }
  while (place > first && place->low > key) --place;
  while (place < last && place[1].low <= key) ++place;
  is->near = (uint32_t)(place - first);
  is->place = place;
  is->block = &side->blocks[place->block];
  is->from = place == first ? INT64_MIN : place->low;
  is->to = place == last ? AFTER_ALL : place[1].low;
}

/* One step of looking for the last key below this one: keys[0] is. */
static inline const int64_t *step(const int64_t *keys, uint32_t by, int64_t key) {
  return keys[by] < key ? keys + by : keys;
}

/* First place in the block whose key is not below. Of the best block it is mostly among the last few, and one line of
 * memory tells. */
static inline uint32_t place_in(const key_block *block, uint32_t count, int32_t is_best, int64_t key) {
  const int64_t *keys = block->keys;
  if (keys[0] >= key) return 0;
  if (is_best && count > NEAR && keys[count - NEAR] < key) {
    keys += count - NEAR;
  } else {
    keys = step(keys, 32, key);
    keys = step(keys, 16, key);
    keys = step(keys, 8, key);
  }
  keys = step(keys, 4, key);
  keys = step(keys, 2, key);
  keys = step(keys, 1, key);
  return (uint32_t)(keys - block->keys) + 1;
}

APART int32_t add_level(bourse__book *book, book_side *side, spot *is, uint32_t at, int64_t key,
                        const bourse_level *level) {
  if (!has_room(&side->block_stock) || !has_room(&side->level_stock)) {
    if (!grow(book, side)) return 0;
    lose_spot(is);
  }
  if (side->order_count == 0) {
    add_block(side, 0);
    is->near = 0;
    lose_spot(is);
  } else if (side->order[is->near].count == BLOCK) {
    split(side, &is->near, &at);
    lose_spot(is);
  }
  block_place *place = side->order + is->near;
  key_block *block = &side->blocks[place->block];
  open_place(block, at, place->count);
  uint32_t slot = take_slot(side);
  block->keys[at] = key;
  block->slots[at] = slot;
  place->low = block->keys[0];
  place->count++;
  side->count++;
  put_level(side, slot, level);
  return 1;
}

APART void remove_level(book_side *side, spot *is, uint32_t at) {
  block_place *place = is->place;
  key_block *block = is->block;
  if (place->count == 1) {
    take_out(side, is->near, at, 1);
    is->near -= is->near > 0;
    lose_spot(is);
    return;
  }
  give_slot(side, block->slots[at]);
  close_place(block, at, place->count--);
  side->count--;
  place->low = block->keys[0];
  if (place->count > BLOCK_SPARSE) return;
  join(side, is->near);
  if (is->near > 0) join(side, --is->near);
  lose_spot(is);
}

static int32_t is_level(const bourse_level *level) {
  const uint32_t all = level->price.flags & level->amount.flags, any = level->price.flags | level->amount.flags;
  return (all & BOURSE_DECIMAL_PRESENT) != 0 && (any & BOURSE_DECIMAL_NEGATIVE) == 0;
}

static inline int32_t set_level(bourse__book *book, book_side *side, int64_t sign, const bourse_level *level,
                                spot *is) {
  int64_t key;
  if ((level->price.flags != BOURSE_DECIMAL_PRESENT || level->amount.flags != BOURSE_DECIMAL_PRESENT) &&
      !is_level(level))
    return BOURSE_ERROR_BAD_REPLY;
  if (!written_key(&key, &level->price, book->scale)) {
    if (!new_key(&key, book, &level->price)) return BOURSE_ERROR_BAD_REPLY;
    lose_spot(is);
  }
  const int32_t is_none = (level->amount.low | level->amount.high) == 0;
  uint32_t at = 0;
  key = (key ^ sign) - sign;
  if (key < is->from || key >= is->to) find_spot(is, side, key);
  if (is->block != NULL) {
    const uint32_t count = is->place->count;
    at = place_in(is->block, count, is->to == AFTER_ALL, key);
    if (at < count && is->block->keys[at] == key) {
      if (is_none)
        remove_level(side, is, at);
      else
        put_level(side, is->block->slots[at], level);
      return BOURSE_OK;
    }
  }
  return is_none || add_level(book, side, is, at, key, level) ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

void bourse__book_approach(const bourse__book *book) {
  for (size_t at = 0; at < sizeof *book; at += 64) bourse__expect((const char *)book + at);
}

void bourse__book_expect(const bourse__book *book) {
  bourse__expect(&book->sides[1]);
  for (int32_t which = 0; which < 2; which++) {
    const book_side *side = &book->sides[which];
    if (side->order_count == 0) continue;
    const block_place *place = side->order + side->order_count - 1;
    const key_block *block = &side->blocks[place->block];
    bourse__expect(&block->keys[place->count - 1]);
    bourse__expect(&block->slots[place->count - 1]);
    if (place->count > NEAR) bourse__expect(&block->keys[place->count - NEAR]);
  }
}

int32_t bourse__book_set(bourse__book *book, int32_t which, const bourse_level *levels, uint32_t count) {
  book_side *side = &book->sides[which];
  const int64_t sign = which == BOURSE__ASKS ? -1 : 0;
  spot is = best_spot(side);
  side->version += count > 0;
  for (const bourse_level *level = levels, *end = levels + count; level < end; level++) {
    int32_t code = set_level(book, side, sign, level, &is);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}

void bourse__book_cut(bourse__book *book) {
  for (int32_t which = 0; which < 2 && book->depth > 0; which++) {
    book_side *side = &book->sides[which];
    while (side->count > book->depth) {
      uint32_t many = side->count - book->depth;
      take_out(side, 0, 0, many < side->order[0].count ? many : side->order[0].count);
    }
  }
}

/* --- Reading --- */

uint32_t bourse__book_count(const bourse__book *book, int32_t side) { return book->sides[side].count; }

uint32_t bourse__book_version(const bourse__book *book, int32_t side) { return book->sides[side].version; }

const bourse_level *bourse__book_at(const bourse__book *book, int32_t side, uint32_t index) {
  const book_side *of = &book->sides[side];
  for (uint32_t i = of->order_count; i > 0; i--) {
    const block_place *place = of->order + i - 1;
    if (index < place->count) return &of->levels[of->blocks[place->block].slots[place->count - 1 - index]];
    index -= place->count;
  }
  return NULL;
}

uint32_t bourse__book_top(const bourse__book *book, int32_t side, const bourse_level **out, uint32_t most) {
  const book_side *of = &book->sides[side];
  uint32_t count = 0;
  for (uint32_t i = of->order_count; i > 0 && count < most; i--) {
    const block_place *place = of->order + i - 1;
    const uint32_t *slots = of->blocks[place->block].slots;
    for (uint32_t at = place->count; at > 0 && count < most; at--) out[count++] = &of->levels[slots[at - 1]];
  }
  return count;
}

void bourse__book_best(const bourse__book *book, int32_t side, uint32_t *room, uint32_t most, bourse__best *out) {
  const book_side *of = &book->sides[side];
  const block_place *place = of->order + of->order_count;
  uint32_t left = of->count < most ? of->count : most;
  *out = (bourse__best){room, of->levels, of->sums, left};
  if (left > 0 && place[-1].count >= left) { /* mostly all are in one block */
    out->slots = of->blocks[place[-1].block].slots + place[-1].count - left;
    return;
  }
  while (left > 0) {
    uint32_t many = (--place)->count < left ? place->count : left;
    left -= many;
    memcpy(room + left, of->blocks[place->block].slots + place->count - many, many * sizeof *room);
  }
}

void bourse__book_copy(const bourse__book *book, int32_t side, bourse_level *out, uint32_t count) {
  const book_side *of = &book->sides[side];
  for (uint32_t i = of->order_count; i > 0 && count > 0; i--) {
    const block_place *place = of->order + i - 1;
    const uint32_t *slots = of->blocks[place->block].slots;
    for (uint32_t at = place->count; at > 0 && count > 0; at--, count--) *out++ = of->levels[slots[at - 1]];
  }
}

static int64_t best_key(const book_side *side) {
  const block_place *place = side->order + side->order_count - 1;
  return side->blocks[place->block].keys[place->count - 1];
}

int32_t bourse__book_is_crossed(const bourse__book *book) {
  const book_side *bids = &book->sides[BOURSE__BIDS], *asks = &book->sides[BOURSE__ASKS];
  return bids->count > 0 && asks->count > 0 && best_key(bids) >= -best_key(asks);
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
