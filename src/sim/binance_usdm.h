/* sim/binance_usdm.h - what the files of USD-M futures share. Orders are binance_usdm_orders.c, conditional ones
 * binance_usdm_algo.c, wallet, positions and settings binance_usdm_account.c, what is public binance_usdm_market.c, streams
 * and what they tell of the account binance_usdm_stream.c; life and time binance_usdm.c. */
#ifndef SIM_BINANCE_USDM_H
#define SIM_BINANCE_USDM_H

#include "binance.h"

#define USDM_FIRST  BINANCE_SPOT_MARKETS /* of the engine's markets */
#define USDM_COUNT  (PAPER_MARKETS - USDM_FIRST)
#define USDM_WALLET 1
#define USDM_HOUR   (60 * BINANCE_MINUTE)
#define USDM_PACES  3 /* 100, 250 and 500 milliseconds */
#define USDM_KEY_NS (60 * BINANCE_MINUTE)

/* As orders were sent; of a conditional one what it becomes is LIMIT or MARKET. */
enum {
  USDM_LIMIT = 0,
  USDM_MARKET,
  USDM_STOP,
  USDM_STOP_MARKET,
  USDM_TAKE_PROFIT,
  USDM_TAKE_PROFIT_MARKET,
  USDM_TRAILING,
  USDM_LIQUIDATION,
  USDM_TYPES
};
extern const char *const usdm_types[USDM_TYPES + 1];

enum {
  USDM_ALGO_NEW = 0,
  USDM_ALGO_TRIGGERED,
  USDM_ALGO_FINISHED,
  USDM_ALGO_CANCELED,
  USDM_ALGO_REJECTED,
  USDM_ALGO_EXPIRED
};

/* A conditional order: it holds no margin, and the engine knows it only when it has triggered. */
typedef struct usdm_algo {
  uint64_t id;
  uint64_t order_id; /* what it became; 0: nothing yet */
  uint32_t account;
  uint32_t market;
  int32_t type;
  int32_t status;
  int32_t by_mark; /* triggers on the mark price */
  int32_t close_position;
  int32_t protects;
  int32_t due; /* it has triggered, and is placed at the next tick */
  int32_t trails;
  int64_t trigger, activation, extreme; /* prices */
  int64_t callback;                     /* hundredths of a percent */
  int64_t created_ns, updated_ns, triggered_ns, good_till_ms;
  bourse_order_request request;
  char client_id[BINANCE_ID_SIZE];
  char reason[120]; /* why it was refused */
} usdm_algo;

typedef struct usdm_key {
  char key[72];
  uint32_t account;
  int32_t dead;
  int64_t expires_ns;
} usdm_key;

typedef struct usdm_countdown {
  uint32_t account;
  uint32_t market;
  int64_t at_ns;
  int64_t length_ms;
} usdm_countdown;

typedef struct usdm_amendment {
  uint64_t id, order_id;
  int64_t price[2], amount[2]; /* before and after */
  int64_t time_ns;
  int32_t count;
} usdm_amendment;

/* Margin that was added to an isolated position; it is out of the engine's wallet. */
typedef struct usdm_extra {
  uint32_t account, market;
  int32_t slot;
  paper_money money;
} usdm_extra;

typedef struct usdm_state {
  usdm_algo *algos; /* by id, rising */
  usdm_key *keys;
  usdm_countdown *countdowns;
  usdm_amendment *amendments;
  usdm_extra *extras;
  paper_money *told;     /* wallet balances as last told: account * 64 + currency */
  uint8_t *touched;      /* positions that changed since: account * USDM_COUNT * 2 + market * 2 + slot */
  uint8_t *multi_assets; /* by account */
  uint32_t algo_count, key_count, countdown_count, amendment_count, extra_count, account_count;
  binance_diff diffs[USDM_COUNT][USDM_PACES];
  uint64_t previous[USDM_COUNT][USDM_PACES]; /* last update id told */
  int64_t best[USDM_COUNT][4];
  int64_t paces[USDM_PACES]; /* how many of each have gone by */
  int64_t second, funding;   /* the like of seconds, and of eight hours */
  int32_t dirty, algos_due;
} usdm_state;

static inline usdm_state *usdm_of(sim *s) { return binance_state_of(s)->usdm; }
static inline const paper_market *usdm_market(sim *s, uint32_t market) {
  return bourse__paper_market(sim_engine(s), market);
}

void *usdm_grow(void *rows, uint32_t count, size_t size); /* room for one more, zeroed */
/* Markets that "symbol" names: [first, last); without it all. 0: failed. */
int32_t usdm_chosen(binance_call *call, uint32_t *first, uint32_t *last);
/* A list, or its only item where "symbol" was given. */
void usdm_reply(binance_call *call, cJSON *list);
const char *usdm_side_text(int32_t side);
const char *usdm_position_side(int32_t position_side);
const char *usdm_force_text(int32_t time_in_force, int32_t post_only);

/* --- Orders --- */
int32_t usdm_read_order(binance_call *call, binance_leg *leg, const char *client_id_name); /* side, amounts, force */
int32_t usdm_check_order(binance_call *call, uint32_t market, const binance_leg *leg);
int32_t usdm_refused(binance_call *call);
/* NULL: refused, and the engine says why. */
const paper_order *usdm_submit(sim *s, uint32_t account, uint32_t market, binance_leg *leg);
cJSON *usdm_order_json(sim *s, const paper_order *order, int32_t as_query);
void usdm_cancel_all(sim *s, uint32_t account, int64_t market);
const char *usdm_average(sim *s, const paper_order *order);
int32_t usdm_type_of(const char *text); /* USDM_TYPES: none */
typedef struct usdm_span {
  int64_t from_id, start, end, limit;
} usdm_span;
int32_t usdm_read_span(binance_call *call, usdm_span *out, const char *id_name, int64_t days);
int32_t usdm_within(const usdm_span *span, uint64_t id, int64_t time_ns);
void usdm_cut(cJSON *json, const usdm_span *span);
void usdm_each_of_list(binance_call *call, const char *name, uint32_t most, void (*run)(binance_call *call));

/* --- Conditional orders (binance_usdm_algo.c) --- */
void usdm_algo_prices(sim *s, uint32_t market, int32_t mark, int64_t price); /* a price moved */
void usdm_algo_tick(sim *s);
void usdm_algo_order(sim *s, const paper_order *order, const binance_order *about); /* what it became has ended */
void usdm_algo_run_place(binance_call *call);
void usdm_algo_run_cancel(binance_call *call);
void usdm_algo_run_cancel_all(binance_call *call);
void usdm_algo_run_query(binance_call *call);
void usdm_algo_run_open(binance_call *call);
void usdm_algo_run_all(binance_call *call);

/* --- Account --- */
paper_money usdm_wallet(sim *s, uint32_t account, uint32_t currency); /* with margin that was added to positions */
paper_money usdm_extra_of(sim *s, uint32_t account, int64_t market, int32_t slot); /* market -1: of all */
void usdm_release_extras(sim *s);                                                  /* of positions that are closed */
void usdm_pay_funding(sim *s);

/* --- Streams --- */
void usdm_tell(sim *s, uint32_t account, cJSON *event);                /* takes it */
void usdm_flush_account(sim *s, uint32_t account, const char *reason); /* NULL: money came or went */
void usdm_tell_algo(sim *s, const usdm_algo *algo);
void usdm_tell_order(sim *s, const paper_order *order);
void usdm_stream_event(sim *s, const paper_event *event);
void usdm_stream_tick(sim *s);
void usdm_keys_tick(sim *s);
usdm_key *usdm_key_of(sim *s, const char *key); /* a live one, or NULL */

#endif
