/* tests/sim/world.h - one run: a host program that trades through the library, a simulated exchange, a network with faults, a
 * store that outlives the host, and what is checked. Everything follows from one seed. */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "network.h"

#define MS     INT64_C(1000000)
#define SECOND INT64_C(1000000000)

typedef struct world world;
typedef struct host host;

/* --- The store (store.c): what survives when the host dies --- */

typedef struct disk disk;
disk *disk_new(uint64_t seed);
void disk_free(disk *d);
bourse_store disk_store(disk *d);
/* Writes fail in so many of 1000 calls; half of those are on the disk all the same. */
void disk_faulty(disk *d, uint32_t of_1000);
/* The host died: what was not yet durable is lost, from some point on, and nothing is taken until disk_alive. */
void disk_crash(disk *d);
void disk_alive(disk *d);
/* Called before and after each put: a good moment to die. */
void disk_on_put(disk *d, void (*moment)(void *user_data), void *user_data);

/* --- Products and dialects --- */

#define LIMITED 2

typedef struct venue {
  const char *exchange;
  const char *product_name; /* for the seed's line */
  int32_t product;
  uint32_t markets[3]; /* of the outside market's eight */
  uint32_t market_count;
  uint32_t wallet;
  uint32_t key;                /* of the simulated exchange's keys */
  const char *account;         /* setting of the handle; NULL: none */
  int32_t amends;              /* edit_order is there */
  int32_t by_socket;           /* orders may go as messages */
  int32_t stops;               /* conditional orders; LIMITED: those with a limit only */
  const char *conditional;     /* channel of conditional orders, where they have one of their own */
  int32_t gains;               /* those that take a profit among them, with a limit and without */
  int32_t lists;               /* orders that cancel each other; LIMITED: pairs only, which are one order there */
  int32_t all_fills;           /* of all markets in one request */
  int32_t listed_by_market;    /* open orders too are listed by market only */
  int32_t lists_refused;       /* an order refused by the engine stands among the closed ones */
  int32_t forgets_conditional; /* one that ended before it was triggered is not told of any more */
  int32_t long_key;            /* it has a key of this test, not the dialect's own */
  int32_t asks_fills;          /* no channel tells of fills: they are asked for, again when no answer came */
  int32_t level_by_level;      /* a message tells one level: states of books are those after each */
} venue;
extern const venue venues[];
extern const uint32_t venue_count;
const sim_account *world_account(const world *w);

/* --- The world --- */

typedef struct settings {
  uint64_t seed;
  int32_t only; /* venue + 1; 0: any */
  int32_t trace;
  int64_t length_ns; /* how long it trades */
} settings;

struct world {
  settings set;
  const venue *venue;
  draws random;
  int64_t now_ns;
  int64_t skew_ns; /* of the host's clock */
  sim *server;
  network *net;
  disk *disk;
  host *host; /* NULL: dead */
  uint32_t account;
  uint32_t life; /* from 1 */
  int64_t restart_ns;
  int64_t next_crash_ns;
  int64_t next_skew_ns;
  struct fill_seen *fills; /* told to the host, in all its lives */
  uint64_t fill_count, fill_capacity;
  struct book_states *books;
  struct told_book *told; /* books as they are told, level by level */
  int64_t memory;         /* bytes the library holds */
  int64_t blocks;
  int32_t healed;
  int32_t counts_limits; /* no request is made late by a fault, and the host has not died: so none is over a limit */
  int32_t dying;         /* from here on nothing that the host does has any effect */
  int32_t failed;        /* something that must never be was seen */
  uint64_t reads;        /* of live books */
  uint64_t orders, unknowns, resolved;
  uint32_t fill_streams; /* opened so far */
  char balances_wrong[16];
  char why[512];
};

typedef struct fill_seen {
  char id[64];
  uint32_t market;
  uint32_t told_in; /* number of the stream that told it; 0: only asked for */
  int32_t side;
  int64_t price, amount; /* the engine's units */
} fill_seen;

/* A moment at which the host may die: between any two things it does. */
void world_moment(void *world_);
void world_fail(world *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
typedef struct world_report {
  char why[512]; /* "": all is well */
  uint64_t orders, unknowns, resolved, fills, reads, crashes, faults;
  int64_t seconds;
} world_report;
void world_run(const settings *set, world_report *report);

/* --- The host program (host.c): its memory goes when it dies --- */
host *host_start(world *w);
void host_kill(host *h);
void host_stop(host *h); /* closes everything in order */
int64_t host_next_ns(const host *h);
void host_step(host *h);
/* After healing: 1 when nothing is unknown or under way any more and all streams are live. */
int32_t host_is_settled(host *h);
void host_describe(host *h, char *out, size_t size);
void host_quiet(host *h); /* no new orders */
bourse_exchange *host_exchange(host *h);
bourse_context *host_context(host *h);

/* --- The checks (verdict.c) --- */
void verdict_observe(world *w); /* hooks into the exchange */
void verdict_book(world *w, uint32_t market, const bourse_level *bids, uint32_t bid_count, const bourse_level *asks,
                  uint32_t ask_count);
/* `told`: number of the stream that told it, which must not tell it again; 0: it was asked for. */
void verdict_fill(world *w, const bourse_fill *fill, int32_t told);
void verdict_orders(world *w, const bourse_result *journal);
void verdict_balances(world *w, const bourse_result *result);
void verdict_limits(world *w);
void verdict_end(world *w);
void verdict_free(world *w);
#endif
