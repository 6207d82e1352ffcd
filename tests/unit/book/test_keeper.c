/* Keepers: joining, proofs, gaps; and sessions broken at every place, held against a plain sorted list. */
#include "book/keeper.h"

#include <bourse/error.h>

#include "book/checksum.h"
#include "core/arena.h"
#include "model.h"
#include "support/few.h"
#include "test.h"

#define MESSAGES 60
#define LEVELS   6

/* --- A session that is true --- */

typedef struct message {
  bourse_book_update update;
  bourse_level bids[LEVELS], asks[LEVELS];
} message;

typedef struct session {
  int32_t proof, source;
  message messages[MESSAGES + 1]; /* [0]: the channel's snapshot, or none */
  model states[MESSAGES + 1];     /* after message i */
  int64_t numbers[MESSAGES + 1];
} session;

static session truth;

static uint32_t checksum_of(const model *m) {
  bourse__book *book;
  bourse__book_new(&book, &bourse__default_allocator, 0);
  for (int side = 0; side < 2; side++)
    for (int i = 0; i < m->sides[side].count; i++) {
      bourse_level one = {model_decimal(m->sides[side].price[i], -2), model_decimal(m->sides[side].amount[i], -3)};
      bourse__book_set(book, side, &one, 1);
    }
  uint32_t sum = bourse__book_checksum(NULL, book, 2, 3);
  bourse__book_free(book);
  return sum;
}

static void change(message *to, model *m, int side, int64_t price, int64_t amount) {
  bourse_level one = {model_decimal(price, -2), model_decimal(amount, -3)};
  uint32_t *count = side == BOURSE__BIDS ? &to->update.bid_count : &to->update.ask_count;
  if (*count == LEVELS) return;
  (side == BOURSE__BIDS ? to->bids : to->asks)[(*count)++] = one;
  model_set(m, side, price, amount);
}

static void make_session(int32_t proof, int32_t source) {
  static model m;
  uint64_t seed = 11;
  int64_t number = 1000;
  memset(&truth, 0, sizeof truth);
  memset(&m, 0, sizeof m);
  truth.proof = proof;
  truth.source = source;
  for (int i = 0; i <= MESSAGES; i++) {
    message *to = &truth.messages[i];
    to->update.snapshot = i == 0;
    for (int k = i == 0 ? 0 : 1; k < (i == 0 ? LEVELS : 1 + (int)(model_random(&seed) % 4) + 1); k++)
      for (int side = 0; side < 2; side++) {
        int64_t price = 10000 + (side == BOURSE__BIDS ? -1 : 1) * (int64_t)(1 + model_random(&seed) % 15);
        change(to, &m, side, price, i > 0 && model_random(&seed) % 4 == 0 ? 0 : 1 + model_random(&seed) % 900);
      }
    int64_t width = proof == BOURSE_PROOF_NEXT ? 1 : 1 + model_random(&seed) % 4;
    to->update.first = proof == BOURSE_PROOF_NEXT || proof == BOURSE_PROOF_CHECKSUM ? BOURSE_NO_SEQUENCE : number + 1;
    to->update.previous = proof == BOURSE_PROOF_PREVIOUS ? number : BOURSE_NO_SEQUENCE;
    if (proof == BOURSE_PROOF_CHECKSUM) model_cut(&m, 8);
    number += width;
    to->update.last = proof == BOURSE_PROOF_CHECKSUM ? BOURSE_NO_SEQUENCE : number;
    if (proof == BOURSE_PROOF_CHECKSUM) {
      to->update.has_checksum = BOURSE_YES;
      to->update.checksum = checksum_of(&m);
    }
    truth.numbers[i] = number;
    truth.states[i] = m;
  }
}

static const bourse_book_update *ready(const message *m) {
  static bourse_book_update update;
  update = m->update;
  update.bids = m->bids;
  update.asks = m->asks;
  return &update;
}

/* What fetching the book would bring now: the state after message i. */
static int32_t fetch(bourse__keeper *keeper, int i, bourse__gap *gap) {
  static bourse_level bids[MODEL_MAX], asks[MODEL_MAX];
  bourse_book_update update = {.snapshot = BOURSE_YES,
                               .first = BOURSE_NO_SEQUENCE,
                               .previous = BOURSE_NO_SEQUENCE,
                               .last = truth.numbers[i],
                               .bids = bids,
                               .asks = asks};
  const model *m = &truth.states[i];
  for (int k = 0; k < m->sides[0].count; k++)
    bids[k] = (bourse_level){model_decimal(m->sides[0].price[k], -2), model_decimal(m->sides[0].amount[k], -3)};
  for (int k = 0; k < m->sides[1].count; k++)
    asks[k] = (bourse_level){model_decimal(m->sides[1].price[k], -2), model_decimal(m->sides[1].amount[k], -3)};
  update.bid_count = (uint32_t)m->sides[0].count;
  update.ask_count = (uint32_t)m->sides[1].count;
  return bourse__keeper_snapshot(keeper, &update, gap);
}

static bourse__keeper *new_keeper(void) {
  bourse__keeper *keeper = NULL;
  bourse__keeper_options options = {
      .proof = truth.proof, .source = truth.source, .price_decimals = 2, .amount_decimals = 3};
  if (truth.proof == BOURSE_PROOF_CHECKSUM) options.depth = 8;
  CHECK_INT(bourse__keeper_new(&keeper, &bourse__default_allocator, &options), BOURSE_OK);
  return keeper;
}

/* Whether what can be read now is a state the exchange had. */
static int is_true(const bourse__keeper *keeper) {
  const bourse__book *book = bourse__keeper_book(keeper);
  if (book == NULL) return 1;
  for (int i = 0; i <= MESSAGES; i++)
    if (model_equals(&truth.states[i], book)) return 1;
  return 0;
}

static int is_now(const bourse__keeper *keeper, int i) {
  const bourse__book *book = bourse__keeper_book(keeper);
  return book != NULL && model_equals(&truth.states[i], book);
}

/* --- Breaking it --- */

enum { WHOLE, DROP, TWICE, SWAP, CUT, CORRUPT, KINDS };

typedef struct outcome {
  int gaps, lies;
  int live_at_end;
} outcome;

static void give(bourse__keeper *keeper, const message *m, int now, outcome *out, int *since_gap) {
  bourse__gap gap;
  int32_t code = bourse__keeper_message(keeper, ready(m), &gap);
  if (code == BOURSE__KEEPER_GAP) {
    out->gaps++;
    *since_gap = 0;
    CHECK(bourse__keeper_book(keeper) == NULL);
  }
  if (!is_true(keeper)) out->lies++;
  if (bourse__keeper_wants_snapshot(keeper) && now > 0 && ++*since_gap > 2) fetch(keeper, now - 1, &gap);
  if (truth.source == BOURSE_BOOK_FROM_CHANNEL && code == BOURSE__KEEPER_GAP) bourse__keeper_restart(keeper);
  if (!is_true(keeper)) out->lies++;
}

static outcome play(int kind, int at) {
  outcome out = {0, 0, 0};
  bourse__keeper *keeper = new_keeper();
  int since_gap = 0;
  for (int i = truth.source == BOURSE_BOOK_FROM_REST; i <= MESSAGES; i++) {
    message m = truth.messages[i];
    if (i == at) {
      if (kind == DROP) continue;
      if (kind == TWICE) give(keeper, &m, i, &out, &since_gap);
      if (kind == SWAP && i < MESSAGES) {
        give(keeper, &truth.messages[i + 1], i, &out, &since_gap);
        give(keeper, &m, i, &out, &since_gap);
        i++;
        continue;
      }
      if (kind == CUT && truth.proof == BOURSE_PROOF_CHECKSUM) m.update.bid_count = m.update.ask_count = 0;
      if (kind == CUT && truth.proof != BOURSE_PROOF_CHECKSUM) continue; /* a message cut short cannot be read at all */
      if (kind == CORRUPT) {
        if (truth.proof == BOURSE_PROOF_CHECKSUM)
          m.update.ask_count > 0 ? (m.asks[0].amount.low ^= 1) : (m.bids[0].amount.low ^= 1);
        else
          m.update.last += 7, m.update.first += 7, m.update.previous += truth.proof == BOURSE_PROOF_PREVIOUS ? 7 : 0;
      }
    }
    give(keeper, &m, i, &out, &since_gap);
  }
  out.live_at_end = is_now(keeper, MESSAGES);
  bourse__keeper_free(keeper);
  return out;
}

static void play_all(int32_t proof, int32_t source) {
  make_session(proof, source);
  outcome whole = play(WHOLE, -1);
  CHECK_INT(whole.gaps, 0);
  CHECK_INT(whole.lies, 0);
  CHECK_INT(whole.live_at_end, 1);
  for (int kind = DROP; kind < KINDS; kind++)
    for (int at = 8; at < MESSAGES - 1; at++) {
      outcome out = play(kind, at);
      if (out.lies > 0) TEST_FAIL("proof %d, kind %d at %d: a state was read that never was", proof, kind, at);
      /* A repetition is no harm by number. A sum cannot tell that a message came twice when twice is as good as once, nor
       * that one is missing that changed nothing the sum is over. */
      int harmless = kind == TWICE || proof == BOURSE_PROOF_CHECKSUM;
      if (out.gaps == 0 && !harmless) TEST_FAIL("proof %d, kind %d at %d was not noticed", proof, kind, at);
      if (kind == TWICE && proof != BOURSE_PROOF_CHECKSUM) CHECK_INT(out.gaps, 0);
      if (source == BOURSE_BOOK_FROM_REST && at < MESSAGES - 8 && !out.live_at_end)
        TEST_FAIL("proof %d, kind %d at %d: not repaired", proof, kind, at);
    }
}

TEST(binance_spot_sessions_broken_everywhere) { play_all(BOURSE_PROOF_RANGE, BOURSE_BOOK_FROM_REST); }
TEST(binance_futures_sessions_broken_everywhere) { play_all(BOURSE_PROOF_PREVIOUS, BOURSE_BOOK_FROM_REST); }
TEST(kraken_futures_sessions_broken_everywhere) { play_all(BOURSE_PROOF_NEXT, BOURSE_BOOK_FROM_CHANNEL); }
TEST(kraken_spot_sessions_broken_everywhere) { play_all(BOURSE_PROOF_CHECKSUM, BOURSE_BOOK_FROM_CHANNEL); }

/* --- Single steps --- */

static bourse_book_update numbers(int64_t first, int64_t last, int64_t previous) {
  return (bourse_book_update){.first = first, .last = last, .previous = previous};
}

static bourse__keeper *keeper_of(int32_t proof, int32_t source) {
  bourse__keeper *keeper = NULL;
  bourse__keeper_options options = {.proof = proof, .source = source, .held_max = 5};
  CHECK_INT(bourse__keeper_new(&keeper, &bourse__default_allocator, &options), BOURSE_OK);
  return keeper;
}

#define NONE BOURSE_NO_SEQUENCE
#define SAY(first_, last_, previous_) \
  (update = numbers(first_, last_, previous_), bourse__keeper_message(keeper, &update, &gap))
#define FETCH(last_) (update = numbers(NONE, last_, NONE), bourse__keeper_snapshot(keeper, &update, &gap))

TEST(joining_spot_as_binance_says) {
  bourse_book_update update;
  bourse__gap gap;
  bourse__keeper *keeper = keeper_of(BOURSE_PROOF_RANGE, BOURSE_BOOK_FROM_REST);
  CHECK_INT(bourse__keeper_wants_snapshot(keeper), 0); /* the first message tells that the channel is there */
  CHECK_INT(SAY(11, 15, NONE), BOURSE__KEEPER_HELD);
  CHECK_INT(bourse__keeper_wants_snapshot(keeper), 1);
  CHECK_INT(FETCH(9), BOURSE__KEEPER_IGNORED); /* 10 is missing: older than what came */
  CHECK_INT(bourse__keeper_wants_snapshot(keeper), 1);
  CHECK_INT(SAY(16, 20, NONE), BOURSE__KEEPER_HELD);
  CHECK_INT(SAY(16, 20, NONE), BOURSE__KEEPER_IGNORED);
  CHECK_INT(FETCH(13), BOURSE__KEEPER_APPLIED);
  CHECK_INT(bourse__keeper_sequence(keeper), 20);
  CHECK_INT(bourse__keeper_wants_snapshot(keeper), 0);
  CHECK_INT(FETCH(50), BOURSE__KEEPER_IGNORED);
  CHECK_INT(SAY(16, 20, NONE), BOURSE__KEEPER_IGNORED);
  CHECK_INT(SAY(20, 22, NONE), BOURSE__KEEPER_GAP); /* in steady state the next begins where this one ended */
  bourse__keeper_restart(keeper);
  CHECK_INT(SAY(10, 10, NONE), BOURSE__KEEPER_HELD);
  CHECK_INT(FETCH(10), BOURSE__KEEPER_APPLIED);     /* all that came is in it */
  CHECK_INT(SAY(9, 11, NONE), BOURSE__KEEPER_HELD); /* which may fall within the next: true if its numbers are */
  CHECK(bourse__keeper_book(keeper) == NULL);
  CHECK_INT(SAY(12, 12, NONE), BOURSE__KEEPER_APPLIED); /* they are */
  CHECK(bourse__keeper_book(keeper) != NULL);
  CHECK_INT(SAY(15, 17, NONE), BOURSE__KEEPER_GAP);
  CHECK_INT(gap.kind, BOURSE__GAP_SEQUENCE);
  CHECK_INT(gap.expected, 13);
  CHECK_INT(gap.found, 15);
  CHECK_INT(FETCH(14), BOURSE__KEEPER_APPLIED); /* joins at the very message that showed the gap */
  CHECK_INT(bourse__keeper_sequence(keeper), 17);
  CHECK_INT(SAY(4, 5, NONE), BOURSE__KEEPER_GAP); /* no repetition of anything taken */
  CHECK_INT(gap.kind, BOURSE__GAP_ORDER);
  CHECK_INT(FETCH(20), BOURSE__KEEPER_APPLIED);
  bourse__keeper_free(keeper);
}

TEST(joining_futures_as_binance_says) {
  bourse_book_update update;
  bourse__gap gap;
  bourse__keeper *keeper = keeper_of(BOURSE_PROOF_PREVIOUS, BOURSE_BOOK_FROM_REST);
  CHECK_INT(SAY(11, 15, 8), BOURSE__KEEPER_HELD);
  CHECK_INT(FETCH(7), BOURSE__KEEPER_IGNORED);
  CHECK_INT(SAY(17, 20, 15), BOURSE__KEEPER_HELD);
  CHECK_INT(SAY(22, 23, 21), BOURSE__KEEPER_GAP); /* a hole among what is held */
  CHECK_INT(SAY(25, 26, 23), BOURSE__KEEPER_HELD);
  CHECK_INT(FETCH(20), BOURSE__KEEPER_IGNORED);
  CHECK_INT(FETCH(21), BOURSE__KEEPER_APPLIED); /* what the first follows */
  CHECK_INT(bourse__keeper_sequence(keeper), 26);
  CHECK_INT(SAY(30, 31, NONE), BOURSE__KEEPER_GAP);
  CHECK_INT(gap.kind, BOURSE__GAP_MALFORMED);
  bourse__keeper_restart(keeper);
  CHECK_INT(SAY(11, 15, 8), BOURSE__KEEPER_HELD);
  CHECK_INT(FETCH(15), BOURSE__KEEPER_HELD);
  CHECK_INT(SAY(17, 20, 15), BOURSE__KEEPER_APPLIED);
  CHECK_INT(SAY(22, 23, 21), BOURSE__KEEPER_GAP);
  bourse__keeper_free(keeper);
}

TEST(no_more_than_so_many_are_held) {
  bourse_book_update update;
  bourse__gap gap;
  bourse__keeper *keeper = keeper_of(BOURSE_PROOF_RANGE, BOURSE_BOOK_FROM_REST);
  for (int i = 1; i <= 5; i++) CHECK_INT(SAY(i, i, NONE), BOURSE__KEEPER_HELD);
  CHECK_INT(SAY(6, 6, NONE), BOURSE__KEEPER_GAP);
  CHECK_INT(gap.kind, BOURSE__GAP_OVERFLOW);
  CHECK_INT(FETCH(3), BOURSE__KEEPER_IGNORED);
  CHECK_INT(FETCH(5), BOURSE__KEEPER_APPLIED);
  bourse__keeper_free(keeper);
}

TEST(a_crossed_book_is_a_gap) {
  bourse__gap gap;
  bourse_level bid = {model_decimal(100, 0), model_decimal(1, 0)}, ask = {model_decimal(100, 0), model_decimal(1, 0)};
  bourse__keeper *keeper = keeper_of(BOURSE_PROOF_NEXT, BOURSE_BOOK_FROM_CHANNEL);
  bourse_book_update update = {.snapshot = BOURSE_YES, .last = 5, .bids = &bid, .asks = &ask, .bid_count = 1};
  CHECK_INT(bourse__keeper_message(keeper, &update, &gap), BOURSE__KEEPER_APPLIED);
  update.snapshot = 0;
  update.last = 6;
  update.bid_count = 0;
  update.ask_count = 1;
  CHECK_INT(bourse__keeper_message(keeper, &update, &gap), BOURSE__KEEPER_GAP);
  CHECK_INT(gap.kind, BOURSE__GAP_CROSSED);
  CHECK(bourse__keeper_book(keeper) == NULL);
  CHECK_INT(bourse__keeper_message(keeper, &update, &gap),
            BOURSE__KEEPER_IGNORED); /* until the channel's next snapshot */
  bourse__keeper_free(keeper);
}

TEST(a_broken_connection_makes_the_book_unreadable) {
  bourse_book_update update;
  bourse__gap gap;
  bourse__keeper *keeper = keeper_of(BOURSE_PROOF_RANGE, BOURSE_BOOK_FROM_REST);
  SAY(1, 1, NONE);
  CHECK_INT(FETCH(1), BOURSE__KEEPER_APPLIED);
  bourse__keeper_break(keeper);
  CHECK_INT(bourse__keeper_state(keeper), BOURSE__BOOK_STALE);
  CHECK(bourse__keeper_book(keeper) == NULL);
  CHECK_INT(bourse__keeper_wants_snapshot(keeper), 0); /* not before the channel speaks again */
  bourse__keeper_free(keeper);
}

TEST(what_ends_where_another_ended_is_no_repetition) {
  bourse_book_update update;
  bourse__gap gap;
  bourse__keeper *keeper = keeper_of(BOURSE_PROOF_RANGE, BOURSE_BOOK_FROM_REST);
  SAY(1, 1, NONE);
  CHECK_INT(FETCH(1), BOURSE__KEEPER_APPLIED);
  CHECK_INT(SAY(2, 5, NONE), BOURSE__KEEPER_APPLIED); /* (2, 3) with another digit */
  CHECK_INT(SAY(2, 5, NONE), BOURSE__KEEPER_IGNORED);
  CHECK_INT(SAY(4, 5, NONE), BOURSE__KEEPER_GAP);
  CHECK(bourse__keeper_book(keeper) == NULL);
  bourse__keeper_free(keeper);
}

/* An exchange whose numbers begin anew (OKX), twice with the same ones, and the second beginning was lost. */
TEST(numbers_that_come_again_later_are_no_repetition) {
  static const int64_t told[][3] = {/* previous, last, time */
                                    {10, 12, 1},
                                    {12, 7, 2},
                                    {7, 9, 3},
                                    {9, 12, 4}};
  bourse_book_update update = {.snapshot = BOURSE_YES, .first = BOURSE_NO_SEQUENCE, .last = 10};
  bourse__gap gap;
  bourse__keeper *keeper = keeper_of(BOURSE_PROOF_PREVIOUS, BOURSE_BOOK_FROM_CHANNEL);
  CHECK_INT(bourse__keeper_message(keeper, &update, &gap), BOURSE__KEEPER_APPLIED);
  update.snapshot = 0;
  for (int i = 0; i < 4; i++) {
    update.previous = told[i][0];
    update.last = told[i][1];
    update.time_ns = told[i][2];
    CHECK_INT(bourse__keeper_message(keeper, &update, &gap), BOURSE__KEEPER_APPLIED);
    CHECK_INT(bourse__keeper_message(keeper, &update, &gap), BOURSE__KEEPER_IGNORED);
  }
  update.previous = 7; /* 12 to 7 did not come */
  update.last = 9;
  update.time_ns = 6;
  CHECK_INT(bourse__keeper_message(keeper, &update, &gap), BOURSE__KEEPER_GAP);
  CHECK(bourse__keeper_book(keeper) == NULL);
  bourse__keeper_free(keeper);
}

/* The channel's state says 6 where 5 is right: its first message is no repetition of it. */
TEST(a_false_number_of_the_whole_state_is_noticed_by_the_next_message) {
  bourse_book_update update;
  bourse__gap gap;
  for (int64_t said = 4; said <= 8; said++) {
    bourse__keeper *keeper = keeper_of(BOURSE_PROOF_NEXT, BOURSE_BOOK_FROM_CHANNEL);
    for (int turn = 0; turn < 2; turn++) { /* also when there was another state before */
      update = (bourse_book_update){.snapshot = BOURSE_YES, .first = NONE, .last = said, .previous = NONE};
      CHECK_INT(bourse__keeper_message(keeper, &update, &gap), BOURSE__KEEPER_APPLIED);
      CHECK_INT(SAY(NONE, 6, NONE), said == 5 ? BOURSE__KEEPER_APPLIED : BOURSE__KEEPER_GAP);
      if (said == 5) CHECK_INT(SAY(NONE, 6, NONE), BOURSE__KEEPER_IGNORED);
    }
    bourse__keeper_free(keeper);
  }
}

/* Not what is held at first, nor what it begins anew with. */
TEST(no_more_than_so_many_levels_are_held) {
  static bourse_level levels[8];
  bourse__gap gap;
  bourse__keeper *keeper = NULL;
  bourse__keeper_options options = {.proof = BOURSE_PROOF_RANGE, .source = BOURSE_BOOK_FROM_REST, .held_levels_max = 7};
  for (int i = 0; i < 8; i++) levels[i] = (bourse_level){model_decimal(i + 1, 0), model_decimal(1, 0)};
  CHECK_INT(bourse__keeper_new(&keeper, &bourse__default_allocator, &options), BOURSE_OK);
  bourse_book_update update = {.first = 1, .last = 1, .previous = BOURSE_NO_SEQUENCE, .bids = levels, .bid_count = 4};
  CHECK_INT(bourse__keeper_message(keeper, &update, &gap), BOURSE__KEEPER_HELD);
  update.first = update.last = 2;
  update.asks = levels + 4;
  update.bid_count = 0;
  update.ask_count = 3;
  CHECK_INT(bourse__keeper_message(keeper, &update, &gap), BOURSE__KEEPER_HELD);
  update.first = update.last = 3;
  update.bids = levels;
  update.bid_count = 4;
  update.ask_count = 4; /* more than may be held, all alone */
  CHECK_INT(bourse__keeper_message(keeper, &update, &gap), BOURSE__KEEPER_GAP);
  CHECK_INT(gap.kind, BOURSE__GAP_OVERFLOW);
  CHECK_INT(FETCH(1), BOURSE__KEEPER_IGNORED);
  CHECK_INT(FETCH(2), BOURSE__KEEPER_APPLIED);
  CHECK_INT(bourse__book_count(bourse__keeper_book(keeper), BOURSE__BIDS), 4);
  bourse__keeper_free(keeper);
}

/* --- Memory --- */

TEST(every_allocation_failing_in_turn) {
  int left;
  const bourse_allocator few = few_allocator(&left);
  make_session(BOURSE_PROOF_RANGE, BOURSE_BOOK_FROM_REST);
  for (int n = 0; n < 12; n++) {
    bourse__keeper *keeper = NULL;
    bourse__keeper_options options = {.proof = truth.proof, .source = truth.source};
    bourse__gap gap;
    left = n;
    if (bourse__keeper_new(&keeper, &few, &options) != BOURSE_OK) {
      CHECK(keeper == NULL);
      continue;
    }
    for (int i = 1; i <= MESSAGES; i++) {
      int32_t code = bourse__keeper_message(keeper, ready(&truth.messages[i]), &gap);
      if (i == 5 && code >= 0) code = fetch(keeper, 3, &gap);
      if (code == BOURSE_ERROR_MEMORY) CHECK(bourse__keeper_book(keeper) == NULL);
      CHECK(is_true(keeper));
    }
    bourse__keeper_free(keeper);
  }
}

TEST_MAIN()
