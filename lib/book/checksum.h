/* book/checksum.h - checksums over the best levels, as exchanges define them. */
#ifndef BOOK_CHECKSUM_H
#define BOOK_CHECKSUM_H

#include "book/book.h"

#define BOURSE__SUMMED 10 /* levels of a side that count */

/* The part of the sum that is one level's. */
typedef struct bourse__level_sum {
  uint64_t price; /* coefficients */
  uint64_t amount;
  int32_t price_exponent;
  int32_t amount_exponent;
  uint32_t sum;
  uint32_t length; /* digits */
} bourse__level_sum;

/* What is remembered of one book from one sum to the next, at the same decimals; begins zeroed. */
typedef struct bourse__sums {
  bourse__level_sum levels[2][BOURSE__SUMMED];
  uint32_t count[2];
  uint32_t version[2]; /* of the book's sides */
  uint32_t after_asks; /* the sum of one side alone */
} bourse__sums;

/* Kraken WebSocket v2: ten best asks, then ten best bids; price and amount each at a fixed number of decimals, point and
 * leading zeros taken out; of all that CRC-32 (IEEE, reflected 0xEDB88320). Source: Kraken's guide to the book checksum of
 * WebSocket v2. */
uint32_t bourse__book_checksum(bourse__sums *sums, const bourse__book *book, uint32_t price_decimals,
                               uint32_t amount_decimals);

#endif
