/* sim/okx.h - what the files of the OKX dialect share: the V5 API with SPOT and SWAP (linear, USDT), in account mode 2: spot
 * pays cash, contracts have cross or isolated margin, and all of it is one trading account beside the funding account. Sizes of
 * contracts are told in contracts and kept in base currency. Inverse contracts, futures with a date and options are not listed.
 *
 * okx.c: tables, keys, limits, routing, life. okx_market.c: what is public. okx_orders.c: placing, changing, ending. okx_algo.c:
 * conditional orders. okx_report.c: orders and fills as they are told. okx_account.c: balances, positions, settings, bills.
 * okx_asset.c: the funding account. okx_stream.c: connections, public channels. okx_private.c: what is told of an account, and
 * orders as messages. */
#ifndef SIM_OKX_H
#define SIM_OKX_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bourse/error.h>

#include "desk.h"

#define OKX_SPOT_MARKETS 6 /* of the outside market's eight; two swaps follow */
#define OKX_MS           INT64_C(1000000)
#define OKX_SECOND       INT64_C(1000000000)
#define OKX_MINUTE       (60 * OKX_SECOND)
#define OKX_HOUR         (60 * OKX_MINUTE)
#define OKX_DAY          (86400 * OKX_SECOND)
#define OKX_ACCOUNTS     64
#define OKX_CURRENCIES   32
#define OKX_INTERVALS    28
#define OKX_ID_SIZE      32
#define OKX_BOOKS        3 /* books, books5, bbo-tbt */

enum { OKX_TRADING = 0, OKX_FUNDING = 1 }; /* wallets */

/* --- Requests --- */

enum { OKX_PUBLIC = 0, OKX_READ, OKX_TRADE, OKX_WITHDRAW };
enum { OKX_BY_ADDRESS = 0, OKX_BY_USER, OKX_BY_INSTRUMENT };

typedef struct okx_call okx_call;

typedef struct okx_row {
  const char *method, *path;
  const char *op; /* as a message; NULL: none */
  int32_t security;
  int32_t scope, limit; /* requests in a time */
  int32_t seconds;
  int32_t several; /* the body is a list of at most so many */
  int32_t timed;   /* orders: inTime, outTime, codes of items */
  void (*run)(okx_call *call);
} okx_row;

struct okx_call {
  sim *s;
  const sim_request *request; /* NULL: a message */
  sim_reply *reply;
  const okx_row *row;
  sim_account *account; /* NULL: public */
  const cJSON *body;    /* parameters; NULL: they are the query */
  cJSON *data;          /* a list */
  int32_t failed;       /* of the whole call, or of the item at hand */
  char text[256];
};

/* Answers with an error; always returns 0, so that checks can end with it. */
int32_t okx_fail(okx_call *call, int32_t code, const char *format, ...) __attribute__((format(printf, 3, 4)));
const char *okx_param(const okx_call *call, const char *name); /* "" counts as not sent */
const char *okx_need(okx_call *call, const char *name);
int32_t okx_whole(okx_call *call, int64_t *out, const char *name, int64_t otherwise);
int32_t okx_true(const okx_call *call, const char *name);
int32_t okx_decimal(okx_call *call, bourse_decimal *out, const char *name); /* absent where not sent */
int32_t okx_market_of(const char *id);                                      /* -1: none */
int32_t okx_instrument(okx_call *call);                                     /* "instId"; -1: failed */
/* Markets that "instType", "instFamily" and "instId" are about. */
int32_t okx_chosen(okx_call *call, uint32_t *mask, int32_t wants_type);
/* A page: "limit", and ids between "after" (older than) and "before" (newer than). */
typedef struct okx_page {
  int64_t limit;
  uint64_t after, before;
  int64_t begin, end; /* ms; -1: not sent */
} okx_page;
int32_t okx_read_page(okx_call *call, okx_page *out, int64_t most);
int32_t okx_within(const okx_page *page, uint64_t id, int64_t ms);
void okx_add(okx_call *call, cJSON *row);
void okx_run(okx_call *call); /* all checks but those of the transport, and the call; several one by one */
cJSON *okx_envelope(okx_call *call);
const okx_row *okx_row_of_op(const char *op);
int32_t okx_signature_is_good(const sim_account *account, const char *text, const char *signature);

/* --- Names and numbers --- */

typedef struct okx_contract {
  const char *family;   /* "BTC-USDT" */
  int64_t code;         /* instIdCode */
  bourse_decimal value; /* of one contract, in base currency; absent: spot */
} okx_contract;
extern const okx_contract okx_contracts[PAPER_MARKETS];

static inline int32_t okx_is_spot(uint32_t market) { return market < OKX_SPOT_MARKETS; }
static inline const char *okx_type(uint32_t market) { return okx_is_spot(market) ? "SPOT" : "SWAP"; }
static inline const paper_market *okx_market(sim *s, uint32_t market) {
  return bourse__paper_market(sim_engine(s), market);
}
const char *okx_price(sim *s, uint32_t market, int64_t price);
const char *okx_size(sim *s, uint32_t market, int64_t amount);                            /* contracts, or base */
const char *okx_size_of(sim *s, uint32_t market, const bourse_decimal *base);             /* the same */
int32_t okx_read_size(uint32_t market, bourse_decimal *base, const bourse_decimal *size); /* base of a size */
const char *okx_ms(sim *s, int64_t time_ns);                                              /* "" of 0 */
const char *okx_id(uint64_t id);
uint64_t okx_id_number(const char *text); /* 0: none of ours */
const char *okx_fee(paper_money fee);     /* with its sign turned: what is paid is negative */

/* --- Orders --- */

enum { OKX_PLAIN = 0, OKX_CONDITIONAL, OKX_OCO, OKX_TRIGGER, OKX_TRAILING, OKX_ICEBERG };

typedef struct okx_attached {
  char client_id[SIM_CLIENT_SIZE];
  bourse_decimal prices[2], limits[2]; /* take-profit, stop-loss; absent: none; a market order */
  int32_t by[2];
  int32_t limited; /* the take-profit is an order of its own at once */
} okx_attached;

typedef struct okx_iceberg {
  int64_t part, limit;        /* the most of one part, and the worst price */
  int64_t spread, millionths; /* from the best price of its side: as a price, or of it */
  int64_t made;               /* filled by parts that have ended */
  paper_money cost;           /* of that */
} okx_iceberg;

typedef struct okx_order {
  sim_order o;
  int32_t kind;     /* OKX_PLAIN: an order; else one of the algo service */
  const char *type; /* static: "limit", "post_only", "oco" ... */
  char tag[20], mode[12], position[8];
  int32_t in_quote, has_target;
  int32_t percent_trail; /* callbackRatio, not callbackSpread */
  okx_attached attached;
  okx_iceberg iceberg;
  int32_t is_attached;  /* what it brings along is there */
  uint64_t algo;        /* that it came of */
  uint64_t child;       /* what the algo became */
  uint64_t resting;     /* its take-profit that is in the book already, or the part of an iceberg that is */
  bourse_decimal whole; /* its amount, where what is left of it shrinks */
  const char *cancel_source;
  char request_id[40]; /* of the amendment that is to be told */
  int32_t amended;     /* 1: done; -1: failed */
} okx_order;

typedef struct okx_book {
  sim_ladder ladder;
  int32_t active;
  int64_t sequence, told_ns;
} okx_book;

typedef struct okx_state {
  sim_orders orders;
  sim_moves moves;
  int64_t timers[OKX_ACCOUNTS]; /* dead man's switches */
  okx_book books[PAPER_MARKETS][OKX_BOOKS];
  int32_t moved[PAPER_MARKETS], traded[PAPER_MARKETS]; /* since the last flush */
  uint8_t wallets[OKX_ACCOUNTS][OKX_CURRENCIES];
  uint8_t positions[OKX_ACCOUNTS][PAPER_MARKETS][2];
  int32_t dirty, rests_due, icebergs;
  int64_t second, pace, funding;
} okx_state;

static inline okx_state *okx_of(sim *s) { return sim_state(s); }
static inline const paper_account *okx_account(sim *s, uint32_t account) {
  return bourse__paper_account(sim_engine(s), account);
}

/* okx_orders.c */
okx_order *okx_find(okx_call *call, int32_t market, int32_t algo); /* NULL: failed, or none */
int32_t okx_read_client_id(okx_call *call, okx_order *order, const char *name);
int32_t okx_read_side(okx_call *call, okx_order *order, bourse_order_request *request);
int32_t okx_check_size(okx_call *call, const paper_market *market, const bourse_order_request *request);
int32_t okx_refused(okx_call *call, int32_t reason, uint32_t market);
int32_t okx_end_late(sim *s, okx_order *order, int32_t reason); /* taken, and canceled at once; 0: it is refused */
void okx_cancel_all(sim *s, uint32_t account, const char *source);
/* okx_algo.c */
int32_t okx_read_attached(okx_call *call, okx_attached *out, const cJSON *from);
void okx_attach(sim *s, okx_order *parent);
sim_order *okx_algo_child(sim *s, sim_order *algo);
cJSON *okx_algo_json(sim *s, const okx_order *algo);
void okx_algo_part(sim *s, const okx_order *order); /* an order that may be one of an algo's has changed */
void okx_algo_tick(sim *s);
okx_order *okx_algo_part_new(sim *s, const okx_order *algo, const char *type);
/* okx_iceberg.c */
int32_t okx_iceberg_read(okx_call *call, okx_order *algo);
int32_t okx_iceberg_step(sim *s, okx_order *algo); /* 1: it goes on */
void okx_iceberg_add(cJSON *json, sim *s, const okx_order *algo);
bourse_decimal okx_iceberg_average(sim *s, const okx_order *algo, int64_t *filled);
/* okx_report.c */
cJSON *okx_order_json(sim *s, const okx_order *order, const paper_order *as, const paper_fill *fill, int32_t on_stream);
const char *okx_mode_of(sim *s, uint32_t account, uint32_t market);
/* okx_account.c */
int64_t okx_mark(sim *s, uint32_t market);
cJSON *okx_balance_json(sim *s, uint32_t account, const uint8_t *only, const char *list);
cJSON *okx_position_json(sim *s, uint32_t account, uint32_t market, int32_t slot);
void okx_pay_funding(sim *s);
const char *okx_funding_rate(sim *s, uint32_t market, int64_t time_ns);
/* okx_market.c */
extern const sim_interval okx_intervals[OKX_INTERVALS + 1];
int32_t okx_interval_of(const char *name); /* -1: none */
int64_t okx_candle_open(int32_t interval, int64_t time_ns);
int64_t okx_candle_next(int32_t interval, int64_t open_ns);
cJSON *okx_candle_json(sim *s, uint32_t market, int32_t interval, int64_t open_ns);
cJSON *okx_ticker_json(sim *s, uint32_t market);
cJSON *okx_trade_json(sim *s, const paper_trade *trade, int32_t on_stream);
cJSON *okx_instrument_json(sim *s, uint32_t market);
cJSON *okx_mark_json(sim *s, uint32_t market);
cJSON *okx_funding_json(sim *s, uint32_t market);
cJSON *okx_interest_json(sim *s, uint32_t market);
cJSON *okx_limit_json(sim *s, uint32_t market);
cJSON *okx_index_json(sim *s, uint32_t market);

/* --- Streams --- */

enum { OKX_ON_PUBLIC = 1, OKX_ON_PRIVATE, OKX_ON_BUSINESS };

typedef struct okx_topic {
  int32_t channel; /* its row */
  int32_t market;  /* -1: all of the type */
  int32_t type;    /* 0: any, 1 SPOT, 2 SWAP */
  int32_t interval;
  int64_t open_ns; /* of the candle told last */
  char *arg;       /* as it was sent */
} okx_topic;

typedef struct okx_socket {
  int32_t kind;
  okx_topic *topics;
  uint32_t count;
  sim_account *account;
  char id[12];
  int64_t heard_ns;
} okx_socket;

int32_t okx_upgrade(sim *s, const sim_request *request, sim_reply *reply);
void okx_message(sim *s, sim_connection *connection, const char *text, size_t length);
void okx_socket_closed(sim *s, sim_connection *connection);
void okx_stream_event(sim *s, const paper_event *event);
void okx_stream_flush(sim *s);
void okx_stream_tick(sim *s, int32_t new_second);
int64_t okx_book_sequence(sim *s, uint32_t market);
void okx_socket_error(sim_connection *connection, const cJSON *message, int32_t code, const char *text);
/* To those of the account who have the channel for this market; takes data. `which` as okx_private_channels. */
enum { OKX_ACCOUNT = 0, OKX_POSITIONS, OKX_BALANCE_AND_POSITION, OKX_ORDERS, OKX_ALGOS, OKX_ADVANCED, OKX_PRIVATES };
void okx_tell(sim *s, uint32_t account, int32_t which, int32_t market, cJSON *data);
void okx_tell_first(sim *s, sim_connection *connection, const okx_topic *topic, int32_t which); /* snapshots */
int32_t okx_login(sim *s, sim_connection *connection, okx_socket *socket, const cJSON *message);
void okx_operate(sim *s, sim_connection *connection, okx_socket *socket, const cJSON *message);
void okx_tell_order(sim *s, okx_order *order, const paper_order *as);
void okx_private_event(sim *s, const paper_event *event);
void okx_private_flush(sim *s);

extern const okx_row okx_market_rows[], okx_order_rows[], okx_algo_rows[], okx_report_rows[], okx_account_rows[],
    okx_asset_rows[];

#endif
