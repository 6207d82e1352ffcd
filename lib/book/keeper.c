/* book/keeper.c - one book's way from the first message to a proven state, and back when proof fails. */
#include "book/keeper.h"

#include <bourse/error.h>

#include <string.h>

#include "book/checksum.h"
#include "core/arena.h"

#define HELD_MAX        1000
#define HELD_LEVELS_MAX 100000u /* 4.8 MB */
#define RECENT_MAX      64

/* A message that waits for the snapshot; its levels are in the common store. */
typedef struct held_message {
  bourse_book_update update;
  size_t levels; /* first of its bids; the asks follow */
} held_message;

/* What tells a message: the numbers where it begins and ends, and its time, for numbers may come again after an exchange's
 * maintenance. */
typedef struct recent_message {
  int64_t from;
  int64_t last;
  int64_t time_ns;
} recent_message;

/* First what every message needs: with thousands of books, each line of memory counts. */
struct bourse__keeper {
  bourse__book *book;
  bourse__keeper_options options;
  int32_t state;
  int32_t joined;    /* a message has followed the snapshot: from now on numbers are strict */
  int32_t contacted; /* a message came since the subscription */
  int32_t doubtful;  /* applied is a message that the snapshot fell within: unread until the next one follows it */
  int64_t sequence;
  int64_t time_ns;
  uint32_t recent_at;
  uint32_t held_count;
  recent_message recent[RECENT_MAX]; /* taken: one that comes again is no gap */
  held_message *held;                /* both stores are kept from one time of syncing to the next */
  bourse_level *levels;
  size_t level_count;
  size_t level_capacity;
  uint32_t held_capacity;
  bourse_allocator allocator;
  bourse__sums sums;
};

int32_t bourse__keeper_new(bourse__keeper **out, const bourse_allocator *allocator,
                           const bourse__keeper_options *options) {
  bourse__keeper *keeper = bourse__alloc(allocator, sizeof *keeper);
  *out = NULL;
  if (keeper == NULL) return BOURSE_ERROR_MEMORY;
  keeper->allocator = *allocator;
  keeper->options = *options;
  if (keeper->options.held_max == 0) keeper->options.held_max = HELD_MAX;
  if (keeper->options.held_levels_max == 0) keeper->options.held_levels_max = HELD_LEVELS_MAX;
  keeper->state = BOURSE__BOOK_SYNCING;
  keeper->sequence = BOURSE_NO_SEQUENCE;
  if (bourse__book_new(&keeper->book, allocator, options->depth) != BOURSE_OK) {
    bourse__keeper_free(keeper);
    return BOURSE_ERROR_MEMORY;
  }
  if (options->proof == BOURSE_PROOF_CHECKSUM) bourse__book_keep_sums(keeper->book);
  *out = keeper;
  return BOURSE_OK;
}

void bourse__keeper_free(bourse__keeper *keeper) {
  if (keeper == NULL) return;
  bourse_allocator allocator = keeper->allocator;
  bourse__book_free(keeper->book);
  bourse__release(&allocator, keeper->held);
  bourse__release(&allocator, keeper->levels);
  bourse__release(&allocator, keeper);
}

/* --- Failing --- */

static void throw_away(bourse__keeper *keeper, int32_t state) {
  keeper->state = state;
  keeper->joined = 0;
  keeper->doubtful = 0;
  keeper->sequence = BOURSE_NO_SEQUENCE;
  keeper->time_ns = 0;
  keeper->held_count = 0;
  keeper->level_count = 0;
  bourse__book_clear(keeper->book);
}

static int32_t fail(bourse__keeper *keeper, bourse__gap *gap, int32_t kind, int64_t expected, int64_t found) {
  gap->kind = kind;
  gap->expected = expected;
  gap->found = found;
  throw_away(keeper, BOURSE__BOOK_STALE);
  return BOURSE__KEEPER_GAP;
}

void bourse__keeper_break(bourse__keeper *keeper) {
  throw_away(keeper, BOURSE__BOOK_STALE);
  keeper->contacted = 0;
  keeper->recent_at = 0;
}

void bourse__keeper_restart(bourse__keeper *keeper) {
  throw_away(keeper, BOURSE__BOOK_SYNCING);
  keeper->contacted = 0;
  keeper->recent_at = 0;
}

/* --- Applying --- */

static int32_t check_checksum(bourse__keeper *keeper, const bourse_book_update *update, bourse__gap *gap) {
  if (update->has_checksum <= 0) return fail(keeper, gap, BOURSE__GAP_MALFORMED, 0, 0);
  uint32_t found = bourse__book_checksum(&keeper->sums, keeper->book, keeper->options.price_decimals,
                                         keeper->options.amount_decimals);
  if (found == update->checksum) return BOURSE__KEEPER_APPLIED;
  gap->checksum_expected = update->checksum;
  gap->checksum_found = found;
  return fail(keeper, gap, BOURSE__GAP_CHECKSUM, 0, 0);
}

/* Changes the book and looks at what came of it. */
static int32_t apply(bourse__keeper *keeper, const bourse_book_update *update, bourse__gap *gap) {
  int32_t code = BOURSE_OK;
  if (update->bid_count > 0 && update->ask_count > 0) bourse__book_expect(keeper->book);
  if (update->snapshot > 0) {
    bourse__book_clear(keeper->book);
    code = bourse__book_reserve(keeper->book, BOURSE__BIDS, update->bid_count);
    if (code == BOURSE_OK) code = bourse__book_reserve(keeper->book, BOURSE__ASKS, update->ask_count);
  }
  if (code == BOURSE_OK && update->bid_count > 0)
    code = bourse__book_set(keeper->book, BOURSE__BIDS, update->bids, update->bid_count);
  if (code == BOURSE_OK && update->ask_count > 0)
    code = bourse__book_set(keeper->book, BOURSE__ASKS, update->asks, update->ask_count);
  if (code == BOURSE_ERROR_MEMORY) {
    throw_away(keeper, BOURSE__BOOK_STALE);
    return code;
  }
  if (code != BOURSE_OK) return fail(keeper, gap, BOURSE__GAP_MALFORMED, 0, 0);
  bourse__book_cut(keeper->book);
  if (keeper->options.proof == BOURSE_PROOF_CHECKSUM) {
    code = check_checksum(keeper, update, gap);
    if (code != BOURSE__KEEPER_APPLIED) return code;
  } else if (bourse__book_is_crossed(keeper->book)) {
    return fail(keeper, gap, BOURSE__GAP_CROSSED, 0, 0); /* where a checksum agrees, the exchange itself says so */
  }
  keeper->sequence = update->last;
  if (update->time_ns != 0) keeper->time_ns = update->time_ns;
  keeper->state = BOURSE__BOOK_LIVE;
  return BOURSE__KEEPER_APPLIED;
}

/* --- Proving --- */

/* How a message stands to the state before it. */
enum {
  FOLLOWS = 1,  /* exactly */
  OVERLAPS = 2, /* the state, a fetched snapshot, falls within it: true, if its numbers are */
  OLD = 3,
  BROKEN = 4,
  MALFORMED = 5
};

static int32_t has_numbers(const bourse__keeper *keeper, const bourse_book_update *update) {
  switch (keeper->options.proof) {
    case BOURSE_PROOF_RANGE:
      return update->first != BOURSE_NO_SEQUENCE && update->last != BOURSE_NO_SEQUENCE && update->first <= update->last;
    case BOURSE_PROOF_PREVIOUS: return update->previous != BOURSE_NO_SEQUENCE && update->last != BOURSE_NO_SEQUENCE;
    case BOURSE_PROOF_NEXT: return update->last != BOURSE_NO_SEQUENCE;
    default: return 1;
  }
}

/* The number that must follow from the state. */
static int64_t from_of(const bourse__keeper *keeper, const bourse_book_update *update) {
  switch (keeper->options.proof) {
    case BOURSE_PROOF_RANGE: return update->first;
    case BOURSE_PROOF_PREVIOUS: return update->previous;
    default: return update->last;
  }
}

static recent_message told_by(const bourse__keeper *keeper, const bourse_book_update *update) {
  return (recent_message){from_of(keeper, update), update->last, update->time_ns};
}

static void remember(bourse__keeper *keeper, const bourse_book_update *update) {
  keeper->recent[keeper->recent_at++ % RECENT_MAX] = told_by(keeper, update);
}

static int32_t is_repeated(const bourse__keeper *keeper, const bourse_book_update *update) {
  uint32_t count = keeper->recent_at < RECENT_MAX ? keeper->recent_at : RECENT_MAX;
  recent_message told = told_by(keeper, update);
  for (uint32_t i = 0; i < count; i++)
    if (keeper->recent[i].last == told.last && keeper->recent[i].from == told.from &&
        keeper->recent[i].time_ns == told.time_ns)
      return 1;
  return 0;
}

/* `id` is the number of the state; joined: 0 when that is a fetched snapshot, which falls anywhere within a message.
 * *expected and *found are written for BROKEN. Source: Binance, "How to manage a local order book correctly". */
static int32_t judge(const bourse__keeper *keeper, const bourse_book_update *update, int64_t id, int32_t joined,
                     int64_t *expected, int64_t *found) {
  int32_t proof = keeper->options.proof;
  if (!has_numbers(keeper, update)) return MALFORMED;
  if (proof != BOURSE_PROOF_RANGE && proof != BOURSE_PROOF_PREVIOUS && proof != BOURSE_PROOF_NEXT) return FOLLOWS;
  *expected = proof == BOURSE_PROOF_PREVIOUS ? id : id + 1;
  *found = from_of(keeper, update);
  if (*found == *expected) return FOLLOWS;
  if (joined) return update->last <= id && is_repeated(keeper, update) ? OLD : BROKEN;
  if (proof == BOURSE_PROOF_PREVIOUS ? update->last < id : update->last <= id) return OLD;
  return update->first != BOURSE_NO_SEQUENCE && update->first <= *expected ? OVERLAPS : BROKEN;
}

/* --- Holding --- */

static int32_t make_room(bourse__keeper *keeper, size_t levels) {
  if (keeper->held_count == keeper->held_capacity) {
    uint32_t capacity = keeper->held_capacity == 0 ? 16 : keeper->held_capacity * 2;
    held_message *held = bourse__realloc(&keeper->allocator, keeper->held, capacity * sizeof *held);
    if (held == NULL) return 0;
    keeper->held = held;
    keeper->held_capacity = capacity;
  }
  if (keeper->level_count + levels > keeper->level_capacity) {
    size_t capacity = keeper->level_capacity == 0 ? 1024 : keeper->level_capacity * 2;
    while (capacity < keeper->level_count + levels) capacity *= 2;
    bourse_level *store = bourse__realloc(&keeper->allocator, keeper->levels, capacity * sizeof *store);
    if (store == NULL) return 0;
    keeper->levels = store;
    keeper->level_capacity = capacity;
  }
  return 1;
}

static int32_t store(bourse__keeper *keeper, const bourse_book_update *update) {
  size_t count = (size_t)update->bid_count + update->ask_count;
  if (!make_room(keeper, count)) {
    throw_away(keeper, BOURSE__BOOK_STALE);
    return BOURSE_ERROR_MEMORY;
  }
  bourse_level *levels = count > 0 ? keeper->levels + keeper->level_count : NULL; /* there may be none at all yet */
  if (update->bid_count > 0) memcpy(levels, update->bids, update->bid_count * sizeof *levels);
  if (update->ask_count > 0) memcpy(levels + update->bid_count, update->asks, update->ask_count * sizeof *levels);
  remember(keeper, update);
  keeper->held[keeper->held_count++] = (held_message){.update = *update, .levels = keeper->level_count};
  keeper->level_count += count;
  return BOURSE__KEEPER_HELD;
}

/* However large, the first message is: what begins anew begins with something. */
static int32_t may_hold(const bourse__keeper *keeper, const bourse_book_update *update) {
  size_t count = (size_t)update->bid_count + update->ask_count;
  return keeper->held_count == 0 || (keeper->held_count < keeper->options.held_max &&
                                     keeper->level_count + count <= keeper->options.held_levels_max);
}

/* Until the snapshot is there. A hole in what is held is a gap too: holding begins anew with this message. */
static int32_t hold(bourse__keeper *keeper, const bourse_book_update *update, bourse__gap *gap) {
  int64_t expected = 0, found = 0;
  int32_t verdict = FOLLOWS;
  if (keeper->held_count > 0)
    verdict = judge(keeper, update, keeper->held[keeper->held_count - 1].update.last, 1, &expected, &found);
  else if (!has_numbers(keeper, update))
    verdict = MALFORMED;
  if (verdict == OLD) return BOURSE__KEEPER_IGNORED;
  if (verdict == MALFORMED) return fail(keeper, gap, BOURSE__GAP_MALFORMED, 0, 0);
  if (verdict == FOLLOWS && may_hold(keeper, update)) {
    if (keeper->state == BOURSE__BOOK_STALE) keeper->state = BOURSE__BOOK_SYNCING;
    return store(keeper, update);
  }
  fail(keeper, gap, verdict == BROKEN ? BOURSE__GAP_SEQUENCE : BOURSE__GAP_OVERFLOW, expected, found);
  int32_t code = store(keeper, update);
  return code < 0 ? code : BOURSE__KEEPER_GAP;
}

/* --- Messages --- */

/* After a message was applied: one that overlaps the snapshot is believed when the next one follows it. */
static int32_t settle(bourse__keeper *keeper, int32_t verdict) {
  keeper->joined = 1;
  keeper->doubtful = verdict == OVERLAPS;
  if (!keeper->doubtful) return BOURSE__KEEPER_APPLIED;
  keeper->state = BOURSE__BOOK_SYNCING;
  return BOURSE__KEEPER_HELD;
}

static int32_t take_snapshot(bourse__keeper *keeper, const bourse_book_update *update, bourse__gap *gap) {
  throw_away(keeper, BOURSE__BOOK_SYNCING);
  if (keeper->options.proof == BOURSE_PROOF_NEXT && update->last == BOURSE_NO_SEQUENCE)
    return fail(keeper, gap, BOURSE__GAP_MALFORMED, 0, 0);
  int32_t code = apply(keeper, update, gap);
  keeper->joined = code == BOURSE__KEEPER_APPLIED;
  keeper->recent_at = 0; /* its own number would excuse the first message, were it one too high */
  return code;
}

int32_t bourse__keeper_message(bourse__keeper *keeper, const bourse_book_update *update, bourse__gap *gap) {
  int64_t expected = 0, found = 0;
  int32_t code;
  keeper->contacted = 1;
  if (update->snapshot > 0) return take_snapshot(keeper, update, gap);
  if (keeper->state != BOURSE__BOOK_LIVE && !keeper->doubtful)
    return keeper->options.source == BOURSE_BOOK_FROM_REST ? hold(keeper, update, gap) : BOURSE__KEEPER_IGNORED;
  int32_t verdict = judge(keeper, update, keeper->sequence, keeper->joined, &expected, &found);
  switch (verdict) {
    case FOLLOWS:
    case OVERLAPS:
      code = apply(keeper, update, gap);
      if (code != BOURSE__KEEPER_APPLIED) return code;
      remember(keeper, update);
      return settle(keeper, verdict);
    case OLD: return BOURSE__KEEPER_IGNORED;
    case MALFORMED: return fail(keeper, gap, BOURSE__GAP_MALFORMED, 0, 0);
    default: break;
  }
  fail(keeper, gap, update->last <= keeper->sequence ? BOURSE__GAP_ORDER : BOURSE__GAP_SEQUENCE, expected, found);
  if (keeper->options.source != BOURSE_BOOK_FROM_REST) return BOURSE__KEEPER_GAP;
  code = store(keeper, update); /* the next snapshot may join right here */
  return code < 0 ? code : BOURSE__KEEPER_GAP;
}

int32_t bourse__keeper_snapshot(bourse__keeper *keeper, const bourse_book_update *snapshot, bourse__gap *gap) {
  int64_t expected = 0, found = 0;
  uint32_t next = 0, count = keeper->held_count;
  int32_t verdict = FOLLOWS;
  if (!bourse__keeper_wants_snapshot(keeper)) return BOURSE__KEEPER_IGNORED;
  if (snapshot->last == BOURSE_NO_SEQUENCE && keeper->options.proof != BOURSE_PROOF_NONE)
    return fail(keeper, gap, BOURSE__GAP_MALFORMED, 0, 0);
  /* What the snapshot has in it already is passed over. */
  for (; next < count; next++) {
    verdict = judge(keeper, &keeper->held[next].update, snapshot->last, 0, &expected, &found);
    if (verdict != OLD) break;
  }
  /* Older than the first message that came: what is between is not to be had from this one. */
  if (next < count && verdict != FOLLOWS && verdict != OVERLAPS) return BOURSE__KEEPER_IGNORED;
  bourse_book_update whole = *snapshot;
  whole.snapshot = BOURSE_YES;
  int32_t code = apply(keeper, &whole, gap);
  keeper->joined = 0;
  /* From the second on they were proven to follow each other when they were held. */
  for (; code == BOURSE__KEEPER_APPLIED && next < count; next++) {
    bourse_book_update update = keeper->held[next].update;
    update.bids = keeper->levels + keeper->held[next].levels;
    update.asks = update.bids + update.bid_count;
    code = apply(keeper, &update, gap);
    if (code == BOURSE__KEEPER_APPLIED && settle(keeper, verdict) == BOURSE__KEEPER_HELD && next + 1 == count)
      code = BOURSE__KEEPER_HELD;
    verdict = FOLLOWS;
  }
  if (code != BOURSE__KEEPER_APPLIED && code != BOURSE__KEEPER_HELD) return code;
  keeper->held_count = 0;
  keeper->level_count = 0;
  return code;
}

/* --- Asking --- */

void bourse__keeper_expect(const bourse__keeper *keeper) {
  bourse__expect(&keeper->recent_at);
  bourse__expect(&keeper->recent[keeper->recent_at % RECENT_MAX]);
  bourse__book_approach(keeper->book);
}

int32_t bourse__keeper_state(const bourse__keeper *keeper) { return keeper->state; }

int32_t bourse__keeper_wants_snapshot(const bourse__keeper *keeper) {
  return keeper->options.source == BOURSE_BOOK_FROM_REST && keeper->state != BOURSE__BOOK_LIVE && !keeper->doubtful &&
         keeper->contacted;
}

int64_t bourse__keeper_sequence(const bourse__keeper *keeper) { return keeper->sequence; }

int64_t bourse__keeper_time_ns(const bourse__keeper *keeper) { return keeper->time_ns; }

const bourse__book *bourse__keeper_book(const bourse__keeper *keeper) {
  return keeper->state == BOURSE__BOOK_LIVE ? keeper->book : NULL;
}
