/* book/keeper.h - keeps one book true: joins snapshot and updates, proves each message, and says when proof failed. No I/O,
 * no clock: whoever owns the keeper fetches the snapshot it wants and tells when the connection broke. */
#ifndef BOOK_KEEPER_H
#define BOOK_KEEPER_H

#include "book/book.h"

typedef struct bourse__keeper bourse__keeper;

enum { BOURSE__BOOK_SYNCING = 1, BOURSE__BOOK_LIVE = 2, BOURSE__BOOK_STALE = 3 };

/* What became of a message. */
enum {
  BOURSE__KEEPER_APPLIED = 1, /* the book changed and is LIVE */
  BOURSE__KEEPER_IGNORED = 2, /* old news, or nothing to do with it now */
  BOURSE__KEEPER_HELD =
      3, /* kept until the snapshot is there, or until the next message proves what it was joined with */
  BOURSE__KEEPER_GAP = 4 /* proof failed: STALE; wants_snapshot tells what to do */
};

enum {
  BOURSE__GAP_NONE = 0,
  BOURSE__GAP_SEQUENCE = 1,
  BOURSE__GAP_CHECKSUM = 2,
  BOURSE__GAP_CROSSED = 3,  /* best bid at or over best ask */
  BOURSE__GAP_OVERFLOW = 4, /* more than may be held came before the snapshot */
  BOURSE__GAP_MALFORMED = 5,
  BOURSE__GAP_ORDER = 6 /* numbers went back in a way that is no repetition */
};

typedef struct bourse__gap {
  int32_t kind;
  uint32_t checksum_expected; /* as the exchange said */
  uint32_t checksum_found;
  uint32_t reserved;
  int64_t expected; /* the number that should have come */
  int64_t found;
} bourse__gap;

typedef struct bourse__keeper_options {
  int32_t proof;           /* BOURSE_PROOF_* */
  int32_t source;          /* BOURSE_BOOK_FROM_* */
  uint32_t depth;          /* levels a side; 0: all */
  uint32_t price_decimals; /* for checksums */
  uint32_t amount_decimals;
  uint32_t held_max;        /* messages held while syncing; 0: 1000 */
  uint32_t held_levels_max; /* ... and levels in all of them; 0: 100000 */
} bourse__keeper_options;

int32_t bourse__keeper_new(bourse__keeper **out, const bourse_allocator *allocator,
                           const bourse__keeper_options *options);
void bourse__keeper_free(bourse__keeper *keeper);

/* A message of the channel. Returns BOURSE__KEEPER_*, or BOURSE_ERROR_MEMORY (the book is STALE then). *gap is written for
 * _GAP only. */
int32_t bourse__keeper_message(bourse__keeper *keeper, const bourse_book_update *update, bourse__gap *gap);

/* The snapshot that was fetched (source REST). Same returns: APPLIED: joined, LIVE; HELD: taken, waits for the first message
 * that joins; IGNORED: too old, another is wanted; GAP: what was held has a hole. */
int32_t bourse__keeper_snapshot(bourse__keeper *keeper, const bourse_book_update *snapshot, bourse__gap *gap);

/* The connection broke or was silent too long: STALE, and what is held is thrown away. */
void bourse__keeper_break(bourse__keeper *keeper);
/* A (new) subscription begins: SYNCING. */
void bourse__keeper_restart(bourse__keeper *keeper);

/* A message for it comes soon: the memory that it is in is asked for. */
void bourse__keeper_expect(const bourse__keeper *keeper);
int32_t bourse__keeper_state(const bourse__keeper *keeper);
/* 1 when a snapshot must be fetched: source REST, SYNCING or after a gap, and the first message has come. */
int32_t bourse__keeper_wants_snapshot(const bourse__keeper *keeper);
int64_t bourse__keeper_sequence(const bourse__keeper *keeper); /* BOURSE_NO_SEQUENCE: none */
int64_t bourse__keeper_time_ns(const bourse__keeper *keeper);
/* NULL unless LIVE: an unproven book cannot be read. */
const bourse__book *bourse__keeper_book(const bourse__keeper *keeper);

#endif
