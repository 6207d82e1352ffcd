/* sim/bybit.h - what the files of the Bybit dialect share: the V5 API of a unified account, spot and linear (USDT perpetuals).
 * Money for both is one wallet; the other one is the funding account. Inverse contracts and options are not listed.
 *
 * bybit.c: tables, keys, limits, routing, life. bybit_market.c: what is public. bybit_orders.c: placing, changing, ending.
 * bybit_report.c: orders and fills as they are told. bybit_account.c: balances, positions, settings, ledger.
 * bybit_asset.c: the funding account. bybit_stream.c: connections, public topics. bybit_private.c: what is told of an account.
 * bybit_trade.c: orders as messages. */
#ifndef SIM_BYBIT_H
#define SIM_BYBIT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bourse/error.h>

#include "desk.h"

#define BYBIT_SPOT_MARKETS 6 /* of the outside market's eight; two linear ones follow */
#define BYBIT_MS           INT64_C(1000000)
#define BYBIT_SECOND       INT64_C(1000000000)
#define BYBIT_MINUTE       (60 * BYBIT_SECOND)
#define BYBIT_DAY          (86400 * BYBIT_SECOND)
#define BYBIT_ACCOUNTS     64
#define BYBIT_CURRENCIES   32
#define BYBIT_DEPTHS       4
#define BYBIT_INTERVALS    13
#define BYBIT_ID_SIZE      40
#define BYBIT_CHAR_ID      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

enum { BYBIT_NONE = 0, BYBIT_SPOT, BYBIT_LINEAR, BYBIT_INVERSE, BYBIT_OPTION, BYBIT_CATEGORIES };
enum { BYBIT_UNIFIED = 0, BYBIT_FUND = 1 }; /* wallets */

/* --- Requests --- */

enum { BYBIT_PUBLIC = 0, BYBIT_READ, BYBIT_TRADE, BYBIT_WITHDRAW };

typedef struct bybit_call bybit_call;

typedef struct bybit_row {
  const char *method, *path;
  const char *op; /* as a message; NULL: none */
  int32_t security;
  int32_t limit, limit_spot; /* requests of an account in a second; 0: none */
  int32_t per_minute;        /* yes: in a minute */
  void (*run)(bybit_call *call);
} bybit_row;

struct bybit_call {
  sim *s;
  const sim_request *request; /* NULL: a message */
  sim_reply *reply;
  const bybit_row *row;
  sim_account *account; /* NULL: public */
  const cJSON *body;    /* parameters of POST; NULL: they are the query */
  cJSON *result, *extra;
  int32_t category;
  int32_t failed;
  int32_t limit, left; /* of the row, after this request; limit 0: none */
  int64_t reset_ms;
  char text[256];
};

/* Answers with an error; always returns 0, so that checks can end with it. */
int32_t bybit_fail(bybit_call *call, int32_t code, const char *format, ...) __attribute__((format(printf, 3, 4)));
const char *bybit_param(const bybit_call *call, const char *name); /* "" counts as not sent */
const char *bybit_need(bybit_call *call, const char *name);
int32_t bybit_whole(bybit_call *call, int64_t *out, const char *name, int64_t otherwise);
int32_t bybit_true(const bybit_call *call, const char *name);
int32_t bybit_decimal(bybit_call *call, bourse_decimal *out, const char *name); /* absent where not sent */
int32_t bybit_category(bybit_call *call); /* reads it, into call->category too; BYBIT_NONE: failed */
int32_t bybit_market_of(int32_t category, const char *symbol); /* -1: none */
int32_t bybit_symbol(bybit_call *call);                        /* of the category; -1: failed */
/* Which markets a list is about: of the category, and where they were sent of "symbol", "baseCoin" or "settleCoin". */
int32_t bybit_chosen(bybit_call *call, uint32_t *mask);
/* A page: "limit", "cursor" as an id that items must be below. */
int32_t bybit_page(bybit_call *call, int64_t *limit, int64_t usual, int64_t most, uint64_t *below);
/* "startTime" and "endTime" in ms, at most so many days apart, by default the last ones. */
int32_t bybit_window(bybit_call *call, int64_t *start, int64_t *end, int64_t days);
cJSON *bybit_list(bybit_call *call); /* result.list, with the category where there is one */
void bybit_cursor(bybit_call *call, uint64_t id);
const char *bybit_category_text(uint32_t market);

int32_t bybit_check_types(bybit_call *call); /* of the body */
/* All checks but those of the transport, limits, and the call. */
void bybit_run(bybit_call *call);
const bybit_row *bybit_row_of_op(const char *op);
cJSON *bybit_envelope(bybit_call *call); /* retCode, retMsg, ...; the call's result is in it then */
int32_t bybit_signature_is_good(const sim_account *account, const char *text, const char *signature);

/* --- Orders --- */

enum { BYBIT_PLAIN = 0, BYBIT_STOP, BYBIT_TPSL, BYBIT_TAKE_PROFIT, BYBIT_STOP_LOSS, BYBIT_TRAILING };

typedef struct bybit_attached {
  bourse_decimal price, limit; /* absent: none; a market order */
  int32_t by;
} bybit_attached;

typedef struct bybit_order {
  sim_order o;
  int32_t kind;
  int32_t index; /* positionIdx */
  int32_t direction, trigger_by, close_on_trigger, leveraged, in_quote, partial, force;
  int32_t self_trade; /* smpType as asked */
  int64_t last;       /* price when it came */
  bybit_attached profit, loss;
  int32_t attached;   /* what it brings along is there */
  int32_t fired_told; /* that it was triggered was told */
  int64_t filled_told;
  const char *cancel_type, *reject_reason;
} bybit_order;

typedef struct bybit_dcp {
  int64_t window_ns, due_ns; /* 0: off; not running */
} bybit_dcp;

typedef struct bybit_book {
  sim_ladder ladder;
  int32_t active;
  int64_t update, told_ns;
} bybit_book;

typedef struct bybit_state {
  sim_orders orders;
  sim_moves moves;
  bybit_dcp dcp[BYBIT_ACCOUNTS][3]; /* spot, derivatives, options */
  bybit_book books[PAPER_MARKETS][BYBIT_DEPTHS];
  int32_t moved[PAPER_MARKETS];  /* books changed since the last flush */
  int32_t traded[PAPER_MARKETS]; /* trades since the last flush */
  cJSON *tickers[PAPER_MARKETS]; /* as last told, of linear markets */
  uint8_t wallets[BYBIT_ACCOUNTS][BYBIT_CURRENCIES];
  uint8_t positions[BYBIT_ACCOUNTS][PAPER_MARKETS]; /* changed since: 1, or an order acted there */
  int32_t dirty;
  int64_t second, pace, funding;
  uint64_t sequence;
} bybit_state;

static inline bybit_state *bybit_of(sim *s) { return sim_state(s); }
static inline const paper_market *bybit_market(sim *s, uint32_t market) {
  return bourse__paper_market(sim_engine(s), market);
}
static inline int32_t bybit_is_spot(uint32_t market) { return market < BYBIT_SPOT_MARKETS; }

const char *bybit_price(sim *s, uint32_t market, int64_t price);
const char *bybit_amount(sim *s, uint32_t market, int64_t amount);
void bybit_add_ms(cJSON *json, const char *name, sim *s, int64_t time_ns); /* as text */
const char *bybit_order_id(char out[BYBIT_ID_SIZE], const bybit_order *order);
uint64_t bybit_id_number(const char *text); /* 0: none of ours */
/* The two sides of a trade have each their own. */
const char *bybit_exec_id(char out[BYBIT_ID_SIZE], uint32_t market, uint64_t id, int32_t side);

/* --- bybit_orders.c --- */
bybit_order *bybit_find(bybit_call *call, int32_t market); /* by orderId or orderLinkId; NULL: failed, or none */
void bybit_attach(sim *s, bybit_order *parent);            /* what a fill brings along */
void bybit_clear_position(sim *s, uint32_t account, uint32_t market, int32_t slot);
void bybit_cancel_product(sim *s, uint32_t account, int32_t derivatives, const char *why);

/* --- bybit_report.c --- */
cJSON *bybit_order_json(sim *s, const bybit_order *order, const paper_order *as, int32_t on_stream);
cJSON *bybit_fill_json(sim *s, const paper_fill *fill, const paper_order *as, int32_t on_stream);

/* --- bybit_account.c --- */
cJSON *bybit_wallet_json(sim *s, uint32_t account, const uint8_t *only); /* only: coins, NULL: all that are there */
cJSON *bybit_position_json(sim *s, uint32_t account, uint32_t market, int32_t slot, int32_t on_stream);
int64_t bybit_mark(sim *s, uint32_t market);
void bybit_pay_funding(sim *s);
const char *bybit_funding_rate(sim *s, uint32_t market, int64_t time_ns);

/* --- bybit_market.c --- */
cJSON *bybit_ticker_json(sim *s, uint32_t market, int32_t on_stream);
extern const sim_interval bybit_intervals[BYBIT_INTERVALS + 1];
int32_t bybit_interval_of(const char *name); /* -1: none */

/* --- Streams --- */

enum { BYBIT_ON_PUBLIC = 1, BYBIT_ON_PRIVATE, BYBIT_ON_TRADE };
enum { ON_TICKER = 1, ON_TRADES = 2, ON_LIQUIDATIONS = 4 };
enum {
  ON_ORDER = 0, /* each with room for the variants by category: bits 0 all, 1 spot, 2 linear, 3 inverse, 4 option */
  ON_EXECUTION,
  ON_FAST,
  ON_POSITION,
  ON_WALLET,
  ON_GREEKS,
  ON_DCP,
  BYBIT_PRIVATE_TOPICS
};

typedef struct bybit_socket {
  int32_t kind;
  int32_t category;
  uint8_t on[PAPER_MARKETS];
  uint8_t depths[PAPER_MARKETS];
  uint16_t intervals[PAPER_MARKETS];
  uint8_t private_on[BYBIT_PRIVATE_TOPICS];
  sim_account *account;
  char id[SIM_UUID_SIZE];
  int64_t heard_ns;
  char request_ids[32][40]; /* of the trade connection, the last ones */
  uint32_t request_count;
} bybit_socket;

int32_t bybit_upgrade(sim *s, const sim_request *request, sim_reply *reply);
void bybit_message(sim *s, sim_connection *connection, const char *text, size_t length);
void bybit_socket_closed(sim *s, sim_connection *connection);
void bybit_stream_event(sim *s, const paper_event *event);
void bybit_stream_flush(sim *s);
void bybit_stream_tick(sim *s, int32_t new_second);
cJSON *bybit_auth(sim *s, bybit_socket *socket, const cJSON *message);
const char *bybit_subscribe_private(sim *s, sim_connection *connection, const char *topic, int32_t on);
void bybit_trade_message(sim *s, sim_connection *connection, const cJSON *message);
void bybit_tell_order(sim *s, bybit_order *order, const paper_order *as);
void bybit_private_event(sim *s, const paper_event *event);
void bybit_private_flush(sim *s);

extern const bybit_row bybit_market_rows[], bybit_order_rows[], bybit_report_rows[], bybit_account_rows[],
    bybit_asset_rows[];

#endif
