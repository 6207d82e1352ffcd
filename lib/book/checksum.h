/* book/checksum.h - checksums over the best levels, as exchanges define them. */
#ifndef BOOK_CHECKSUM_H
#define BOOK_CHECKSUM_H

#include "book/book.h"

#define BOURSE__SUMMED 10 /* levels of a side that count */

/* What is remembered of one book from one sum to the next, besides what the book keeps of each level; begins zeroed. The
 * decimals must be the same until the book is cleared. */
typedef struct bourse__sums {
  uint32_t version;    /* of the book's asks */
  uint32_t after_asks; /* the sum of that side alone */
} bourse__sums;

/* Kraken WebSocket v2: ten best asks, then ten best bids; price and amount each at a fixed number of decimals, point and
 * leading zeros taken out; of all that CRC-32 (IEEE, reflected 0xEDB88320). Source: Kraken's guide to the book checksum of
 * WebSocket v2. sums: NULL: everything is summed up anew. */
uint32_t bourse__book_checksum(bourse__sums *sums, const bourse__book *book, uint32_t price_decimals,
                               uint32_t amount_decimals);

#endif
