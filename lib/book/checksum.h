/* book/checksum.h - checksums over the best levels, as exchanges define them. */
#ifndef BOOK_CHECKSUM_H
#define BOOK_CHECKSUM_H

#include "book/book.h"

/* CRC-32 (IEEE, reflected 0xEDB88320). Start with 0. */
uint32_t bourse__crc32(uint32_t crc, const void *bytes, size_t length);

/* Kraken WebSocket v2: ten best asks, then ten best bids; price and amount each at a fixed number of decimals, point and
 * leading zeros taken out. Source: Kraken's guide to the book checksum of WebSocket v2. */
uint32_t bourse__book_checksum(const bourse__book *book, uint32_t price_decimals, uint32_t amount_decimals);

#endif
