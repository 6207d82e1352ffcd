/* sim/desk.h - what dialects have in common beyond the engine: ids and times as texts (names.c); public trades, spans of
 * candles, books as deep as they are told (market.c). */
#ifndef SIM_DESK_H
#define SIM_DESK_H

#include "sim.h"

#define SIM_UUID_SIZE 40
#define SIM_TIME_SIZE 40
#define SIM_DAY_NS    (86400 * PAPER_SECOND_NS)

/* --- Ids and times --- */

/* A number that looks like nobody counted, and back. */
uint64_t sim_stir(uint64_t number);
uint64_t sim_unstir(uint64_t stirred);
/* "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx" of a number, and back; 0: no such id. */
const char *sim_uuid(char out[SIM_UUID_SIZE], uint64_t number);
uint64_t sim_uuid_number(const char *text);
/* "2026-01-01T00:00:00.123456Z" with that many digits of a second. */
const char *sim_iso(char out[SIM_TIME_SIZE], int64_t time_ns, int32_t digits);
int64_t sim_iso_read(const char *text); /* -1: not a time */

/* --- Public trades --- The newest of each market, those before the simulation began among them. */

uint32_t sim_trade_count(sim *s, uint32_t market);
const paper_trade *sim_trade_at(sim *s, uint32_t market, uint32_t index); /* from the oldest; NULL past the end */

/* --- Candles --- */

typedef struct sim_interval {
  const char *name;
  int64_t ns; /* 0: months */
} sim_interval;

int64_t sim_candle_open(const sim_interval *interval, int64_t time_ns); /* of the span that a time is in */
int64_t sim_candle_next(const sim_interval *interval, int64_t open_ns);
/* which: BOURSE_PRICE_*. Without trades it has the price, and no volume. */
paper_bar sim_bar(sim *s, uint32_t market, int32_t which, const sim_interval *interval, int64_t open_ns);

/* --- Books --- Where not said otherwise, side 0 is bids and 1 asks. */

typedef struct sim_level {
  int64_t price, amount;
} sim_level;

/* What is to be seen at a price now; side: BOURSE_SIDE_*. */
int64_t sim_visible(const paper_market *market, int32_t side, int64_t price);
/* The best levels; how many. */
uint32_t sim_read_side(sim *s, uint32_t market, int32_t side, sim_level *out, uint32_t depth);

/* The state of a book that all subscribers of one depth have. */
typedef struct sim_ladder {
  uint32_t depth, count[2];
  sim_level *levels[2]; /* best first; room for the depth */
} sim_ladder;

/* Who cuts off what is pushed out of the depth: clients by themselves, or the exchange by telling that it is gone. */
enum { SIM_LADDER_CLIENTS_CUT = 0, SIM_LADDER_SERVER_CUTS = 1 };

typedef void (*sim_change)(void *user_data, int32_t side, const sim_level *level); /* amount 0: gone */

void sim_ladder_read(sim *s, sim_ladder *ladder, uint32_t market, uint32_t depth);
/* Tells what turns the ladder's state into the market's, which it has afterwards; how many changes. */
uint32_t sim_ladder_follow(sim *s, sim_ladder *ladder, uint32_t market, int32_t how, sim_change change,
                           void *user_data);
void sim_ladder_free(sim_ladder *ladder);

#endif
