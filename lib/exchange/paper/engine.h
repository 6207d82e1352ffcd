/* paper/engine.h - a matching engine: books, accounts, orders of every kind, linear perpetuals.
 *
 * Pure: it has no clock, no randomness and no I/O, and knows nothing of calls and results. The same calls in the same
 * order give the same state and the same events. Time comes with bourse__paper_advance. One engine belongs to one
 * thread.
 *
 * Numbers are exact. A price is an int64 count of the market's price units (10^-price_scale), an amount one of its
 * amount units (10^-amount_scale), money is a 128-bit count of 10^-18 of a currency. A market is taken only when price,
 * amount and fee digits together are at most 18, so costs and fees are never rounded. The only roundings are: initial
 * margin (up), the share of a position's entry cost that a partial close realizes (down, the rest stays in the
 * position), and what received amount an OPO leg is sized by (down to the step).
 *
 * Failures: functions return 0 or a negative BOURSE_ERROR_* code; bourse__paper_error tells the reason, the field at
 * fault and a sentence. A refused order leaves no trace. When memory is out in the middle of a match, the incoming
 * order ends there as EXPIRED with reason PAPER_MEMORY; everything stays consistent.
 *
 * The outside market is an account of its own kind ("unlimited"): its balances may go below zero, it pays no fees, its
 * orders are not kept once done, and it never trades with itself. */
#ifndef PAPER_ENGINE_H
#define PAPER_ENGINE_H

#include <bourse/market.h>
#include <bourse/order.h>
#include <bourse/sys/arena.h>

__extension__ typedef __int128 paper_money;

#define PAPER_MONEY_SCALE    18
#define PAPER_CLIENT_ID_SIZE 72 /* with NUL */
#define PAPER_LIST_MAX       3
#define PAPER_WALLETS        2
#define PAPER_ENDLESS        INT64_MAX /* amount of an outside order that never runs out */

enum { PAPER_LONG = 0, PAPER_SHORT = 1 };

/* Why an order was refused, or ended. */
enum {
  PAPER_NO_REASON = 0,
  PAPER_BAD_ARGUMENT, /* missing, contradictory or out of range */
  PAPER_UNSUPPORTED,
  PAPER_BAD_TICK,
  PAPER_BAD_STEP,
  PAPER_PRICE_RANGE,
  PAPER_AMOUNT_MIN,
  PAPER_AMOUNT_MAX,
  PAPER_COST_MIN,
  PAPER_TOO_LARGE, /* beyond what the numbers hold */
  PAPER_NO_FUNDS,
  PAPER_WOULD_TAKE, /* post-only */
  PAPER_UNFILLED,   /* fill-or-kill, immediate-or-cancel */
  PAPER_NO_LIQUIDITY,
  PAPER_WOULD_TRIGGER,
  PAPER_DUPLICATE,
  PAPER_UNKNOWN_ORDER,
  PAPER_REDUCE_ONLY,
  PAPER_POSITION_MODE,
  PAPER_POSITION_LIMIT,
  PAPER_TOO_MANY,
  PAPER_SELF_TRADE,
  PAPER_EXPIRED,  /* good till date */
  PAPER_CANCELED, /* by its owner */
  PAPER_LIST,     /* by another order of its list */
  PAPER_LIQUIDATED,
  PAPER_NO_CHANGE,
  PAPER_MEMORY
};

enum {
  PAPER_EVENT_ORDER = 1,    /* u.order: a copy as of then, its pointers are dead */
  PAPER_EVENT_FILL = 2,     /* u.fill */
  PAPER_EVENT_BALANCE = 3,  /* u.balance */
  PAPER_EVENT_POSITION = 4, /* u.position */
  PAPER_EVENT_TRADE = 5,    /* u.trade */
  PAPER_EVENT_BOOK = 6      /* u.book: visible amount at a price now; 0: gone */
};
#define PAPER_EVENTS_ALL 0x7eu

enum { PAPER_TRIGGER_NONE = 0, PAPER_STOP_LOSS, PAPER_TAKE_PROFIT, PAPER_TRIGGER, PAPER_TRAILING };

/* Where an open order is kept. */
enum { PAPER_NOWHERE = 0, PAPER_ON_BOOK, PAPER_CONDITIONAL, PAPER_QUEUED, PAPER_DELAYED, PAPER_WAITING };

typedef struct paper_engine paper_engine;
typedef struct paper_order paper_order;
typedef struct paper_list paper_list;

struct paper_order {
  uint64_t id;
  uint32_t account;
  uint32_t market;
  int32_t status; /* BOURSE_ORDER_* */
  int32_t reason; /* PAPER_*, of its end */
  int32_t place;
  int32_t side;
  int32_t type;
  int32_t time_in_force;
  int32_t post_only;
  int32_t reduce_only;
  int32_t close_position;
  int32_t position_side; /* BOURSE_POSITION_LONG, _SHORT, or 0 */
  int32_t self_trade;
  int32_t trigger_kind;
  int32_t trigger_direction;
  int32_t trigger_by;
  int32_t fired;
  int32_t late; /* came to life by its list: fires at once where a fresh order would be refused */
  int32_t trail_active;
  uint32_t fee_currency;
  int64_t price;
  int64_t amount; /* 0 while only the cost is known, or the position's size is what counts */
  int64_t filled;
  int64_t prevented; /* taken away by self-trade prevention */
  int64_t display;   /* iceberg; 0: none */
  int64_t shown;     /* visible on the book now */
  int64_t trigger_price;
  int64_t trail_amount;
  int64_t trail_millionths; /* of a percent */
  int64_t trail_activation;
  int64_t trail_extreme;
  int64_t limit_offset,
      limit_millionths; /* of a trailing order: its limit is so far from where it fires; both 0: fixed */
  int64_t created_ns;
  int64_t updated_ns;
  int64_t working_ns;
  int64_t expire_ns;
  int64_t due_ns; /* when latency lets it in */
  paper_money cost_asked;
  paper_money cost_filled;
  paper_money fee;
  paper_money locked; /* in the currency it pays with */
  paper_list *list;
  uint32_t leg;
  uint32_t fill_count;
  char client_id[PAPER_CLIENT_ID_SIZE];
  /* Chains of the engine. */
  paper_order *previous, *next;             /* at its place */
  paper_order *owner_previous, *owner_next; /* open or closed orders of the account */
  paper_order *all_previous, *all_next;     /* orders of the account by id */
  paper_order *id_next, *client_next;
};

typedef struct paper_chain {
  paper_order *first;
  paper_order *last;
} paper_chain;

struct paper_list {
  uint64_t id;
  int32_t kind; /* BOURSE_LIST_* */
  uint32_t account;
  uint32_t market;
  uint32_t count;
  int64_t created_ns;
  paper_order *orders[PAPER_LIST_MAX]; /* NULL: no longer kept */
  char client_id[PAPER_CLIENT_ID_SIZE];
  paper_list *previous, *next;
};

typedef struct paper_fill {
  uint64_t id; /* of the trade: both sides have the same */
  uint64_t order_id;
  uint32_t account;
  uint32_t market;
  int32_t side;
  int32_t role; /* BOURSE_MAKER, _TAKER */
  int32_t position_side;
  uint32_t fee_currency;
  int64_t time_ns;
  int64_t price;
  int64_t amount;
  paper_money cost;
  paper_money fee;
  paper_money realized;
  char client_id[PAPER_CLIENT_ID_SIZE];
} paper_fill;

typedef struct paper_trade {
  uint64_t id;
  int64_t time_ns;
  int64_t price;
  int64_t amount;
  int32_t side; /* of the taker */
  uint32_t market;
} paper_trade;

typedef struct paper_balance {
  paper_money total;
  paper_money locked; /* sum of `locked` over its open orders */
  paper_money margin; /* sum of the initial margins of its positions */
} paper_balance;

typedef struct paper_position {
  int64_t size;
  int64_t opened_ns;
  int64_t updated_ns;
  paper_money entry_cost;
  paper_money margin;   /* initial, at the leverage that holds */
  paper_money realized; /* since it was opened, before fees */
} paper_position;

typedef struct paper_ledger {
  uint64_t id;
  uint64_t reference; /* trade id; 0: none */
  int64_t time_ns;
  uint32_t currency;
  uint32_t wallet;
  uint32_t market; /* UINT32_MAX: none */
  uint32_t reserved;
  const char *kind; /* static: "trade", "fee", "pnl", "insurance", "transfer", "deposit", "withdrawal" */
  paper_money amount;
  paper_money balance;
} paper_ledger;

/* Grows up to `limit` items, then forgets the oldest. */
typedef struct paper_ring {
  char *items;
  uint32_t size;
  uint32_t count;
  uint32_t capacity;
  uint32_t first;
  uint32_t limit;
} paper_ring;

typedef struct paper_event {
  uint64_t sequence; /* +1 with each event; a gap means that memory was out */
  int64_t time_ns;
  int32_t kind;
  uint32_t account; /* UINT32_MAX: public */
  uint32_t market;  /* UINT32_MAX: none */
  union {
    paper_order order;
    paper_fill fill;
    paper_trade trade;
    struct {
      uint32_t wallet, currency;
      paper_balance now;
    } balance;
    struct {
      int32_t slot; /* PAPER_LONG, PAPER_SHORT */
      paper_position now;
    } position;
    struct {
      int32_t side;
      int64_t price, amount;
      uint64_t update_id; /* +1 with each change of this market's book */
    } book;
  } u;
} paper_event;

typedef struct paper_level {
  int64_t price;
  int64_t visible;
  paper_order *first, *last;
} paper_level;

/* Best price at the end. */
typedef struct paper_side {
  paper_level *levels;
  uint32_t count;
  uint32_t capacity;
  uint32_t alive; /* open orders of this side; capacity is above it */
} paper_side;

/* What an account has set and holds in a market. */
typedef struct paper_holding {
  int32_t leverage;
  int32_t isolated;
  uint32_t open_orders;
  paper_position slots[2];
} paper_holding;

typedef struct paper_account {
  uint32_t index;
  int32_t unlimited;
  int32_t hedged;
  int32_t joined; /* all is traded with the first wallet */
  uint32_t open_count;
  uint32_t closed_count;
  uint64_t ledger_count;
  paper_balance *balances; /* currency * PAPER_WALLETS + wallet */
  paper_holding *holdings; /* by market */
  paper_chain open;
  paper_chain closed;
  paper_chain all;
  paper_list *first_list, *last_list;
  paper_ring fills;
  paper_ring ledger;
} paper_account;

typedef struct paper_market {
  const bourse_market *about;
  uint32_t index;
  int32_t linear;
  uint32_t wallet;
  uint32_t base, quote, settle; /* currencies */
  int32_t price_scale, amount_scale;
  int64_t tick, step, price_min, price_max;
  int64_t amount_min, amount_max, market_step, market_min, market_max;
  int64_t maker_rate, taker_rate; /* in 10^-fee_scale */
  int64_t maintenance_rate;       /* in 10^-6 */
  int32_t fee_scale;
  int32_t leverage_max;
  int32_t leverage_first;
  paper_money unit_cost;   /* money of one price unit times one amount unit */
  paper_money unit_amount; /* money of one amount unit */
  paper_money fee_unit;    /* 10^fee_scale */
  paper_money cost_min;
  int64_t last, mark, index_price; /* 0: not known */
  int64_t last_amount, last_ns;
  uint64_t update_id;
  paper_side sides[2]; /* bids, asks */
  paper_chain conditionals;
  paper_ring trades;
} paper_market;

typedef struct paper_config {
  bourse_allocator allocator;
  uint32_t events;             /* mask of 1u << PAPER_EVENT_*; what is not in it takes no sequence number */
  uint32_t history_limit;      /* closed orders, fills, ledger entries kept of each account; 0: 100000; at least 16 */
  uint32_t trade_limit;        /* public trades kept of each market; 0: 1000 */
  uint32_t open_order_limit;   /* of an account; 0: none */
  int32_t self_trade;          /* where the order does not say: BOURSE_SELF_TRADE_*; 0: CANCEL_MAKER */
  int32_t client_ids_reusable; /* yes: a client id may be used again when its order is closed */
  int32_t trigger_at_once; /* yes: a conditional order whose condition holds already fires, instead of being refused */
  int32_t
      quiet_outside; /* yes: what the outside market trades with itself is an event and moves prices, but is not kept
                             * among the public trades */
  int32_t fees_in_quote; /* yes: spot fees are taken in quote currency of buys too, and orders hold them; otherwise in
                          * what is received */
  int64_t latency_ns;    /* between arrival and matching */
  uint64_t first_id;     /* of orders, trades and lists; 0: 1 */
} paper_config;

/* Digits of `about` must outlive the engine. On linear markets fees are charged in the settle currency. */
typedef struct paper_market_spec {
  const bourse_market *about; /* spot or linear; price_tick, amount_step and fees must be there */
  uint32_t wallet;
  int32_t leverage_max;            /* linear */
  int32_t leverage;                /* to begin with */
  bourse_decimal maintenance_rate; /* as a fraction, at most 6 digits */
} paper_market_spec;

typedef struct paper_error {
  int32_t code;
  int32_t reason;
  const char *field; /* or NULL */
  char text[224];
} paper_error;

/* --- Life --- */
int32_t bourse__paper_new(paper_engine **out, const paper_config *config);
void bourse__paper_free(paper_engine *engine); /* NULL is fine */
const paper_error *bourse__paper_error(const paper_engine *engine);
int32_t bourse__paper_add_market(uint32_t *out, paper_engine *engine, const paper_market_spec *spec);
int32_t bourse__paper_add_account(uint32_t *out, paper_engine *engine, int32_t unlimited);
int32_t bourse__paper_add_currency(uint32_t *out, paper_engine *engine, const char *code); /* or finds it */

/* Time goes on (never back): latency lets orders in, dated orders expire. */
void bourse__paper_advance(paper_engine *engine, int64_t now_ns);
int64_t bourse__paper_now(const paper_engine *engine);

/* --- Orders ---
 * The request's symbol, product, margin_mode and borrow are not looked at. *out (may be NULL) is valid until the next
 * call. With request->test the order is checked only and *out is NULL. client_order_id may be NULL. */
int32_t bourse__paper_submit(paper_order **out, paper_engine *engine, uint32_t account, uint32_t market,
                             const bourse_order_request *request);
/* `kind` is BOURSE_LIST_*; all orders are of one market; pending legs of OPO and OPOCO have no amount of their own. */
int32_t bourse__paper_submit_list(paper_list **out, paper_engine *engine, uint32_t account, uint32_t market,
                                  int32_t kind, const bourse_order_request *const *requests, uint32_t count,
                                  const char *client_id);
/* NULL when the account has no such order. client_id is looked at when id is 0. */
paper_order *bourse__paper_find(const paper_engine *engine, uint32_t account, uint64_t id, const char *client_id);
paper_list *bourse__paper_find_list(const paper_engine *engine, uint32_t account, uint64_t id, const char *client_id);
int32_t bourse__paper_is_open(const paper_order *order);
/* Orders of a list go together. Errors: ORDER_NOT_FOUND (not open). */
int32_t bourse__paper_cancel(paper_engine *engine, paper_order *order);
/* Price, amount (total, with what is filled) or trigger of an open order; absent stays. An order that only becomes
 * smaller keeps its place in the queue. */
int32_t bourse__paper_edit(paper_engine *engine, paper_order *order, const bourse_order_request *changes);

/* A trailing limit order that has not fired gets its limit when it does: `offset` price units (negative: below) or
 * millionths of a percent from the price that fires it, on the tick. */
void bourse__paper_limit_from_trigger(paper_order *order, int64_t offset, int64_t millionths);

/* --- The outside market --- */
typedef struct paper_quote {
  int64_t price;
  int64_t amount; /* or PAPER_ENDLESS */
} paper_quote;
/* The unlimited account's orders in the market become these: best first, on ticks, bids below asks. What crosses other
 * accounts' resting orders trades with them, at their prices. Errors: ARGUMENT, MEMORY. */
int32_t bourse__paper_outside_depth(paper_engine *engine, uint32_t account, uint32_t market, const paper_quote *bids,
                                    uint32_t bid_count, const paper_quote *asks, uint32_t ask_count);
/* The outside market trades with itself at `price`; resting orders of other accounts that are at least as good come
 * first, at their own prices. */
int32_t bourse__paper_outside_trade(paper_engine *engine, uint32_t account, uint32_t market, int32_t side,
                                    int64_t price, int64_t amount);
/* Fires triggers, liquidates. 0 leaves a price as it is. */
void bourse__paper_set_mark(paper_engine *engine, uint32_t market, int64_t mark, int64_t index_price);
/* Sets the last price without a trade; fires triggers. */
void bourse__paper_set_last(paper_engine *engine, uint32_t market, int64_t price);

/* --- Money --- Negative amounts take. Errors: LIMIT (not that much free), OVERFLOW, MEMORY. */
int32_t bourse__paper_deposit(paper_engine *engine, uint32_t account, uint32_t wallet, uint32_t currency,
                              paper_money amount, const char *ledger_kind);
int32_t bourse__paper_move(paper_engine *engine, uint32_t account, uint32_t from, uint32_t to, uint32_t currency,
                           paper_money amount);
/* Free for a new order: total less what orders and positions hold, and less the unrealized losses of cross
 * positions. */
paper_money bourse__paper_available(const paper_engine *engine, uint32_t account, uint32_t wallet, uint32_t currency);
/* From now on the account trades all markets with its first wallet, into which the other's money goes. Errors: LIMIT (orders
 * are open, or positions). */
int32_t bourse__paper_join_wallets(paper_engine *engine, uint32_t account);

/* --- Positions --- Errors: POSITION, NO_CHANGE, INSUFFICIENT_FUNDS. */
int32_t bourse__paper_set_leverage(paper_engine *engine, uint32_t account, uint32_t market, int32_t leverage);
int32_t bourse__paper_set_isolated(paper_engine *engine, uint32_t account, uint32_t market, int32_t isolated);
int32_t bourse__paper_set_hedged(paper_engine *engine, uint32_t account, int32_t hedged);
/* At the mark (or last) price; 0 when neither is known. */
paper_money bourse__paper_unrealized(const paper_market *market, const paper_position *position, int32_t slot);
paper_money bourse__paper_maintenance(const paper_market *market, const paper_position *position);
/* The mark at which the position would be liquidated, all else as it is; 0: none. Isolated: where margin plus
 * unrealized profit equals the maintenance margin. Cross: the same with all of the wallet that is not isolated margin,
 * less the other cross positions' losses and maintenance. */
int64_t bourse__paper_liquidation_price(const paper_engine *engine, uint32_t account, uint32_t market, int32_t slot);

/* --- Reading --- */
uint32_t bourse__paper_market_count(const paper_engine *engine);
const paper_market *bourse__paper_market(const paper_engine *engine, uint32_t index);
uint32_t bourse__paper_account_count(const paper_engine *engine);
const paper_account *bourse__paper_account(const paper_engine *engine, uint32_t index);
uint32_t bourse__paper_currency_count(const paper_engine *engine);
const char *bourse__paper_currency_code(const paper_engine *engine, uint32_t index);
int64_t bourse__paper_currency_index(const paper_engine *engine, const char *code); /* -1: none */
const paper_balance *bourse__paper_balance(const paper_engine *engine, uint32_t account, uint32_t wallet,
                                           uint32_t currency);
/* Where money is that no account has: fees taken, losses covered (negative), realized profits not yet realized as
 * losses by the other side (negative: paid out). Sum over all accounts' totals + these = what was deposited. */
typedef struct paper_pools {
  paper_money fees;
  paper_money insurance;
  paper_money clearing;
  paper_money deposited;
} paper_pools;
const paper_pools *bourse__paper_pools(const paper_engine *engine, uint32_t currency);
const void *bourse__paper_ring_at(const paper_ring *ring, uint32_t index); /* from the oldest; NULL past the end */
/* The oldest event not yet taken, valid until the next call on the engine; NULL: none. */
const paper_event *bourse__paper_next_event(paper_engine *engine);
uint64_t bourse__paper_sequence(const paper_engine *engine);
/* Visible orders' best price of a side (BOURSE_SIDE_BUY: bids); 0: none. */
int64_t bourse__paper_best(const paper_market *market, int32_t side);
const char *bourse__paper_reason_text(int32_t reason);
int32_t bourse__paper_reason_code(int32_t reason);

/* --- Units --- 0 when the value does not fit or has more digits. */
int32_t bourse__paper_units(int64_t *out, const bourse_decimal *value, int32_t scale);
int32_t bourse__paper_to_money(paper_money *out, const bourse_decimal *value);
bourse_decimal bourse__paper_decimal(int64_t units, int32_t scale);
bourse_decimal bourse__paper_money_decimal(paper_money money); /* without trailing zeros */
int64_t bourse__paper_remaining(const paper_order *order);
/* cost / amount as a price, to `digits` more digits than the market's prices, half even; absent when amount is 0. */
bourse_decimal bourse__paper_average(const paper_market *market, paper_money cost, int64_t amount, int32_t digits);

#endif
