/* bourse/sys/book.h - what an exchange's message says about an order book, and how it proves that none was lost. Second
 * tier: may change until 1.0. */
#ifndef BOURSE_SYS_BOOK_H
#define BOURSE_SYS_BOOK_H

#include <bourse/base.h>
#include <bourse/market.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How one message follows from the one before. `id` is the book's number so far. */
enum {
  BOURSE_PROOF_NONE = 0,     /* every message is a whole book */
  BOURSE_PROOF_RANGE = 1,    /* first <= id + 1 <= last; afterwards first == id + 1 (Binance spot) */
  BOURSE_PROOF_PREVIOUS = 2, /* previous == id (Binance futures, OKX) */
  BOURSE_PROOF_NEXT = 3,     /* last == id + 1 (Kraken futures) */
  BOURSE_PROOF_CHECKSUM = 4  /* no numbers: the checksum of the best levels is compared (Kraken spot) */
};

/* Where the first state comes from. */
enum {
  BOURSE_BOOK_FROM_CHANNEL = 0, /* the channel sends a snapshot after subscribing */
  BOURSE_BOOK_FROM_REST = 1     /* fetch_order_book, joined with the messages that came meanwhile */
};

#define BOURSE_NO_SEQUENCE INT64_MIN

/* One message about one book. */
typedef struct bourse_book_update {
  int32_t snapshot;      /* yes: what was known before is void */
  int32_t has_checksum;
  uint32_t checksum;
  uint32_t bid_count;
  uint32_t ask_count;
  uint32_t reserved;
  int64_t time_ns;       /* the exchange's; 0: not said */
  int64_t first;         /* BOURSE_NO_SEQUENCE: not said */
  int64_t last;
  int64_t previous;
  const bourse_level *bids; /* absolute amounts in any order; zero removes; of one price the later counts */
  const bourse_level *asks;
} bourse_book_update;

#ifdef __cplusplus
}
#endif
#endif
