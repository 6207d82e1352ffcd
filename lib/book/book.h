/* book/book.h - the levels of one order book, exact, best last. No I/O, no clock.
 *
 * A price is found by an integer key: the price in units of a scale that belongs to this book and grows when a price
 * with more decimals comes. The levels keep price and amount as the exchange wrote them. */
#ifndef BOOK_BOOK_H
#define BOOK_BOOK_H

#include <bourse/sys/arena.h>
#include <bourse/sys/book.h>

enum { BOURSE__BIDS = 0, BOURSE__ASKS = 1 };

typedef struct bourse__book bourse__book;

/* depth: levels kept a side, 0: all. Errors: BOURSE_ERROR_MEMORY. */
int32_t bourse__book_new(bourse__book **out, const bourse_allocator *allocator, uint32_t depth);
void bourse__book_free(bourse__book *book);
void bourse__book_clear(bourse__book *book);

/* What a checksum remembers of one level; length 0: nothing. */
typedef struct bourse__level_sum {
  uint32_t sum;
  uint32_t length; /* digits */
} bourse__level_sum;

/* Such is kept beside each level from now on, until the level is set anew. For a new book. */
void bourse__book_keep_sums(bourse__book *book);

/* The line of memory at this address is wanted soon. */
static inline void bourse__expect(const void *address) {
#ifdef __GNUC__
  __builtin_prefetch(address);
#else
  (void)address;
#endif
}
/* The book is wanted soon, though not its levels. */
void bourse__book_approach(const bourse__book *book);

/* The best levels of both sides are wanted soon: the memory they are in is asked for, all at once. */
void bourse__book_expect(const bourse__book *book);

/* Sets levels to absolute amounts, in this order; zero removes. Levels past the depth are kept until
 * bourse__book_cut. Errors: BOURSE_ERROR_MEMORY; BOURSE_ERROR_BAD_REPLY for a price or amount that is absent, negative
 * or does not fit (the book is then half changed and must be thrown away). */
int32_t bourse__book_set(bourse__book *book, int32_t side, const bourse_level *levels, uint32_t count);

/* A whole state of so many levels comes: there will be room for what a book like this grows to, so that nothing is
 * allocated while it changes. Errors: BOURSE_ERROR_MEMORY. */
int32_t bourse__book_reserve(bourse__book *book, int32_t side, uint32_t count);

/* Drops what is past the depth. */
void bourse__book_cut(bourse__book *book);

uint32_t bourse__book_count(const bourse__book *book, int32_t side);
/* Another number after each change of that side's levels; 0: none yet. */
uint32_t bourse__book_version(const bourse__book *book, int32_t side);
/* 0 is the best; NULL past the end. Valid until the book changes. */
const bourse_level *bourse__book_at(const bourse__book *book, int32_t side, uint32_t index);
/* The best ones in order, at most so many; returns how many. */
uint32_t bourse__book_top(const bourse__book *book, int32_t side, const bourse_level **out, uint32_t most);
/* The same by their places in what the side stores, the best one last. */
typedef struct bourse__best {
  const uint32_t *slots; /* in `room`, or the side's own */
  const bourse_level *levels;
  bourse__level_sum *sums; /* NULL: none are kept */
  uint32_t count;
} bourse__best;
void bourse__book_best(const bourse__book *book, int32_t side, uint32_t *room, uint32_t most, bourse__best *out);
/* The same, copied; no more are asked for than there are. */
void bourse__book_copy(const bourse__book *book, int32_t side, bourse_level *out, uint32_t count);
/* Best bid at or over best ask: such a state is never a true one. */
int32_t bourse__book_is_crossed(const bourse__book *book);
/* Amount and cost of all levels from the best to `price`, inclusive. */
int32_t bourse__book_volume(const bourse__book *book, int32_t side, const bourse_decimal *price,
                            bourse_decimal *out_amount, bourse_decimal *out_cost);

#endif
