/* sim/desk.h - what dialects have in common beyond the engine: ids and times as texts (names.c); money; public trades, spans of
 * candles, books as deep as they are told (market.c); orders that are not, or not yet, with the engine (orders.c). */
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

/* --- Paths --- */

#define SIM_PART_SIZE 160
/* Whether the path is what the pattern has; what stands for each "*" (one part of a path) goes into `parts`. */
int32_t sim_path_fits(const char *pattern, const char *path, char (*parts)[SIM_PART_SIZE], uint32_t room);

int32_t sim_is_listed(const char *list, const char *name); /* in a list with commas; NULL: in none */

/* --- Money --- */

/* In dollars: by the spot market against USDT. */
paper_money sim_worth(sim *s, uint32_t currency, paper_money money);

/* Money that moved in or out, or between wallets. */
typedef struct sim_move {
  uint64_t id; /* rises */
  uint32_t account;
  int32_t kind; /* 't' transfer, 'w' withdrawal */
  int64_t time_ns;
  bourse_decimal amount;
  char currency[24];
  char from[16], to[16];
  char key[64]; /* the client's id of it */
  char address[128], tag[64], chain[32];
} sim_move;

typedef struct sim_moves {
  sim_move *items;
  uint32_t count;
} sim_moves;

sim_move *sim_move_new(sim *s, sim_moves *moves, uint32_t account, int32_t kind, const char *currency);
const sim_move *sim_move_by_key(const sim_moves *moves, uint32_t account, int32_t kind, const char *key);

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

/* --- Funding --- In 10^-8: how far the mark is over the index, and what is paid for eight hours. */

int64_t sim_premium(sim *s, uint32_t market, int64_t time_ns);
int64_t sim_funding_rate(sim *s, uint32_t market, int64_t time_ns);

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

/* --- Orders --- As the exchange knows them, with ids of its own. A dialect's own struct begins with sim_order. */

#define SIM_CLIENT_SIZE   40
#define SIM_ORDER_BUCKETS 4096

enum { SIM_ORDER_WITH_ENGINE = 0, SIM_ORDER_WAITS, SIM_ORDER_ENDED };

typedef struct sim_trigger {
  int64_t price;        /* 0: there is none */
  int32_t rises;        /* reached at the price or above it; else at it or below */
  int32_t by;           /* BOURSE_PRICE_* */
  bourse_decimal limit; /* of what it becomes; absent: a market order */
} sim_trigger;

typedef struct sim_trail {
  int64_t distance, millionths; /* from the best price, as a price or of a percent; both 0: it does not trail */
  int64_t activation, extreme;
  int32_t by, active;
} sim_trail;

typedef struct sim_order {
  struct sim_order *next; /* of its bucket */
  uint64_t id, engine_id; /* engine_id 0: it never was there */
  uint32_t account, market;
  int32_t state;
  int32_t unasked; /* the exchange made it, to close a position */
  sim_trigger triggers[2];
  sim_trail trail;
  int32_t due, fired; /* which of the triggers, from 1 */
  int64_t fired_ns;
  int32_t closes;               /* all of the position, whatever its size is then */
  uint64_t group;               /* one that fires ends the others that wait; 0: alone */
  bourse_order_request request; /* as it was asked */
  paper_order own;              /* as it is without the engine, or was when the engine last told of it */
  paper_fill fill;
  int32_t has_fill; /* a fill that is told with the order's next state */
  char client_id[SIM_CLIENT_SIZE];
} sim_order;

typedef struct sim_orders {
  size_t size; /* of the dialect's struct */
  sim_order **items;
  uint32_t count, capacity; /* ids rise */
  sim_order *buckets[SIM_ORDER_BUCKETS];
  sim_order *placing;
  int32_t due;                                       /* some fire at the next tick */
  void (*told)(sim *s, sim_order *order);            /* it waits, fires or ended without the engine's doing */
  sim_order *(*child)(sim *s, sim_order *condition); /* what one that fires becomes; NULL: it goes on itself */
} sim_orders;

void sim_orders_free(sim_orders *orders);
sim_order *sim_order_new(sim *s, sim_orders *orders, uint32_t account, uint32_t market);
void sim_order_drop(sim_orders *orders, sim_order *order); /* the newest, of which nobody was told */
sim_order *sim_order_by_id(const sim_orders *orders, uint64_t id);
sim_order *sim_order_of(sim_orders *orders, uint64_t engine_id);
/* An open one, else the newest; NULL: none. */
sim_order *sim_order_by_client(sim *s, const sim_orders *orders, uint32_t account, const char *client_id);
const paper_order *sim_order_paper(sim *s, const sim_order *order); /* as it is now */
int32_t sim_order_is_open(sim *s, const sim_order *order);
/* Gives it to the engine. PAPER_NO_REASON, or why not: it has ended then, and nobody was told. */
int32_t sim_order_place(sim *s, sim_orders *orders, sim_order *order, const bourse_order_request *request);
void sim_order_bind(sim_orders *orders, sim_order *order, uint64_t engine_id);
void sim_order_wait(sim *s, sim_orders *orders, sim_order *order, const bourse_order_request *request);
void sim_order_end(sim *s, sim_orders *orders, sim_order *order, int32_t status, int32_t reason);
int32_t sim_order_cancel(sim *s, sim_orders *orders, sim_order *order); /* 0: it is not open */
void sim_order_rest_of_group(sim *s, sim_orders *orders, const sim_order *order);
/* Which trigger a price reaches, from 1; 0: none. */
int32_t sim_order_would_fire(sim_order *order, int32_t by, int64_t price);
void sim_orders_price(sim *s, sim_orders *orders, uint32_t market, int32_t by, int64_t price);
void sim_orders_tick(sim *s, sim_orders *orders);
int32_t sim_orders_kept(const sim_orders *orders, uint32_t index, sim_kept *out); /* as sim_dialect.kept */
/* Keeps what an event tells of an order; that order, or NULL where the event is of none. */
sim_order *sim_orders_event(sim *s, sim_orders *orders, const paper_event *event);

#endif
