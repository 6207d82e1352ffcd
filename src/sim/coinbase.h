/* sim/coinbase.h - what the files of the Coinbase dialect share.
 *
 * coinbase.c: tables, keys and their tokens, budgets, routing, time. coinbase_market.c: public data. coinbase_orders.c:
 * placing, changing, ending. coinbase_report.c: orders and fills as they are told, and lists of them. coinbase_account.c:
 * accounts, fees, portfolios, US futures. coinbase_wallet.c: what is left of v2. coinbase_stream.c, coinbase_user.c:
 * WebSocket. coinbase_exchange.c: the public side of Coinbase Exchange and its feed. */
#ifndef SIM_COINBASE_H
#define SIM_COINBASE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "records.h"

#define COINBASE_SPOT_MARKETS 6
#define COINBASE_SECOND       INT64_C(1000000000)
#define COINBASE_MINUTE       (60 * COINBASE_SECOND)
#define COINBASE_ACCOUNTS     64
#define COINBASE_NUMBER_SIZE  48
#define COINBASE_DAY          SIM_DAY_NS

extern const sim_market_row coinbase_rows[PAPER_MARKETS];

/* --- Requests --- */

enum { COINBASE_PUBLIC = 0, COINBASE_VIEW, COINBASE_TRADE, COINBASE_TRANSFER };

typedef struct coinbase_call coinbase_call;

typedef struct coinbase_row {
  const char *method;
  const char *path; /* "*": any one part of it */
  int32_t scope;
  void (*run)(coinbase_call *call);
} coinbase_row;

#define COINBASE_PARTS 3

struct coinbase_call {
  sim *s;
  const sim_request *request;
  sim_reply *reply;
  sim_account *account;                      /* NULL: public */
  cJSON *body;                               /* NULL: none */
  char parts[COINBASE_PARTS][SIM_PART_SIZE]; /* what stood for the stars */
  int32_t failed;
};

/* {"error", "error_details", "message"}; always returns 0, so that checks can end with it. */
int32_t coinbase_fail(coinbase_call *call, int32_t status, const char *error, const char *message);
/* {"errors": [{"id", "message"}]}, as v2 has it. */
int32_t coinbase_fail_v2(coinbase_call *call, int32_t status, const char *id, const char *message);
const char *coinbase_query(const coinbase_call *call, const char *name); /* "" counts as not sent */
const char *coinbase_member(const coinbase_call *call, const char *name);
/* Whether a repeated parameter has this text among its values; 1 when it is not there at all. */
int32_t coinbase_wants(const coinbase_call *call, const char *name, const char *value);
int32_t coinbase_has(const coinbase_call *call, const char *name);
int64_t coinbase_whole(const coinbase_call *call, const char *name, int64_t otherwise); /* of the query */
int32_t coinbase_market_of(const char *product_id);                                     /* -1: none */
/* The market that the first star of the path is; -1: failed. */
int32_t coinbase_product(coinbase_call *call, const char *product_id);
void coinbase_answer(coinbase_call *call, cJSON *json); /* takes it */

/* Whose token this is; NULL: nobody's, or it does not hold here and now. uri NULL: of a message. */
sim_account *coinbase_token_account(sim *s, const char *token, const char *method, const char *host, const char *path);

extern const coinbase_row coinbase_market_rows[], coinbase_order_rows[], coinbase_account_rows[],
    coinbase_wallet_rows[], coinbase_exchange_rows[];

/* --- Numbers and times --- Coinbase writes both as strings. */
static inline const paper_market *coinbase_market(sim *s, uint32_t index) {
  return bourse__paper_market(sim_engine(s), index);
}
static inline const paper_account *coinbase_paper_account(sim *s, uint32_t index) {
  return bourse__paper_account(sim_engine(s), index);
}
static inline int32_t coinbase_is_future(uint32_t market) { return market >= COINBASE_SPOT_MARKETS; }
const char *coinbase_price(sim *s, uint32_t market, int64_t price);
const char *coinbase_amount(sim *s, uint32_t market, int64_t amount); /* of futures: contracts */
/* The same the other way: base units of an amount that a client wrote. 0: not a number. */
int32_t coinbase_read_amount(bourse_decimal *out, uint32_t market, const char *text);
void coinbase_add_time(sim *s, cJSON *object, const char *name, int64_t time_ns); /* of the engine's; 0: "" */
const char *coinbase_average(sim *s, uint32_t market, paper_money cost, int64_t amount);
const char *coinbase_percent_change(int64_t now, int64_t then); /* "0.68445546" */
void coinbase_add_value(cJSON *object, const char *name, const char *value, const char *currency);

/* --- State --- */

typedef struct coinbase_edit {
  int64_t price, amount, time_ns;
} coinbase_edit;

typedef struct coinbase_record {
  sim_record base;
  const char *configuration; /* the key of its configuration; static */
  char quote_size[COINBASE_NUMBER_SIZE];
  struct coinbase_record *owner; /* this is the second leg of that bracket; NULL: an order of its own */
  struct coinbase_record *second;
  uint64_t parent;   /* of the order that it is attached to */
  uint64_t attached; /* the other way */
  int64_t end_ns;    /* by the engine's clock; 0: none */
  int32_t direction; /* of a stop: BOURSE_TRIGGER_* */
  int32_t post_only, told, bracket, changed;
  int64_t last_fill_ns;
  coinbase_edit *edits;
  uint32_t edit_count;
} coinbase_record;

typedef struct coinbase_book {
  int64_t *prices[2]; /* changed since the last message */
  uint32_t count[2], capacity[2];
  uint32_t fresh; /* trades since then */
  uint32_t told;  /* trades since the last batch of market_trades */
} coinbase_book;

/* Money that came or went. */
typedef struct coinbase_movement {
  uint64_t id;
  uint32_t account;
  const char *type, *status;
  int64_t time_ns;
  bourse_decimal amount;
  char currency[24], address[128], network[32], idem[64];
} coinbase_movement;

typedef struct coinbase_sweep {
  uint64_t id;
  bourse_decimal amount;
  int64_t asked_ns, due_ns; /* 0: none */
} coinbase_sweep;

typedef struct coinbase_state {
  sim_records records;
  coinbase_book books[PAPER_MARKETS];
  coinbase_movement *movements;
  uint32_t movement_count;
  coinbase_sweep sweeps[COINBASE_ACCOUNTS];
  int32_t intraday[COINBASE_ACCOUNTS];
  int32_t futures_moved[COINBASE_ACCOUNTS]; /* balances since the last message */
  int32_t any_moved;
  uint64_t start_number;
  int64_t told_second, told_quarter;
} coinbase_state;

static inline coinbase_state *coinbase_of(sim *s) { return sim_state(s); }

/* --- Orders --- */

/* What an order is to its owner: one of the engine's, or the two legs of a bracket together. */
typedef struct coinbase_view {
  const coinbase_record *record;
  const char *status, *reason; /* reason "": none */
  int32_t side, type, fired, open;
  int64_t amount, filled, price, trigger, created_ns, updated_ns;
  uint32_t fills;
  paper_money cost, fee, locked;
} coinbase_view;

/* `order`: as of an event, or NULL for what it is now. 0: the engine has forgotten it. */
int32_t coinbase_look(sim *s, coinbase_view *out, const coinbase_record *record, const paper_order *order);
coinbase_record *coinbase_record_named(sim *s, uint32_t account,
                                       const char *order_id); /* NULL: none of the account's */
const char *coinbase_time_in_force(const coinbase_view *view);
const char *coinbase_order_type(const coinbase_view *view, int32_t spoken); /* "STOP_LIMIT", spoken "Stop Limit" */
cJSON *coinbase_configuration(sim *s, const coinbase_view *view);
uint64_t coinbase_fill_number(const paper_fill *fill);
int32_t coinbase_cancel(sim *s, const coinbase_record *record);
void coinbase_run_order(coinbase_call *call);
void coinbase_run_history(coinbase_call *call);
void coinbase_run_fills(coinbase_call *call);

/* --- Streams --- */

enum {
  ON_HEARTBEATS = 1,
  ON_STATUS = 2,
  ON_TICKER = 4,
  ON_TICKER_BATCH = 8,
  ON_LEVEL2 = 16,
  ON_TRADES = 32,
  ON_CANDLES = 64,
  ON_USER = 128,
  ON_FUTURES = 256
};

/* Of the Exchange feed. */
enum {
  FEED_HEARTBEAT = 1,
  FEED_STATUS = 2,
  FEED_TICKER = 4,
  FEED_TICKER_BATCH = 8,
  FEED_MATCHES = 16,
  FEED_LEVEL2 = 32
};

typedef struct coinbase_socket {
  uint32_t on[PAPER_MARKETS]; /* channels of each market */
  uint32_t everywhere;        /* channels without markets */
  uint32_t feed[PAPER_MARKETS];
  int32_t is_feed; /* speaks as Coinbase Exchange does */
  int32_t subscribed;
  sim_account *account;
  uint64_t sequence;
  int64_t sent_ns;
} coinbase_socket;

/* Takes the events. */
void coinbase_push(sim *s, sim_connection *connection, const char *channel, cJSON *events);
cJSON *coinbase_events(const char *type, cJSON **event); /* an array with one event */
int32_t coinbase_upgrade(sim *s, const sim_request *request, sim_reply *reply);
void coinbase_opened(sim *s, sim_connection *connection);
void coinbase_message(sim *s, sim_connection *connection, const char *text, size_t length);
void coinbase_stream_event(sim *s, const paper_event *event);
void coinbase_flush(sim *s);
void coinbase_tick(sim *s);
void coinbase_user_snapshot(sim *s, sim_connection *connection);
void coinbase_user_order(sim *s, const paper_order *order); /* tells what it is now */
void coinbase_user_event(sim *s, const paper_event *event);
void coinbase_futures_push(sim *s, sim_connection *connection, const char *type);
cJSON *coinbase_summary(sim *s, uint32_t account, int32_t flat); /* of futures' balances */
cJSON *coinbase_product_json(sim *s, uint32_t market);
cJSON *coinbase_trade_json(sim *s, const paper_trade *trade);
cJSON *coinbase_candle_json(sim *s, uint32_t market, const sim_interval *interval, int64_t open_ns);

void coinbase_feed_message(sim *s, sim_connection *connection, const cJSON *message);
void coinbase_feed_flush(sim *s, uint32_t market);
void coinbase_feed_tick(sim *s, int64_t second);

#endif
