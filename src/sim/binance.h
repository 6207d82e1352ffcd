/* sim/binance.h - what the files of the Binance dialect share. Spot is binance_spot*.c, what is public binance_market.c,
 * streams binance_stream.c, the WebSocket API and user events binance_api.c, wallets binance_wallet.c. Margin and futures
 * bring rows of their own (binance_tables in binance.c) and events (binance_listeners). */
#ifndef SIM_BINANCE_H
#define SIM_BINANCE_H

#include "desk.h"

#define BINANCE_SPOT_MARKETS 6 /* of the outside market's eight; two linear ones follow */
#define BINANCE_MS           INT64_C(1000000)
#define BINANCE_SECOND       INT64_C(1000000000)
#define BINANCE_MINUTE       (60 * BINANCE_SECOND)
#define BINANCE_DAY          (86400 * BINANCE_SECOND)
#define BINANCE_ID_SIZE      37 /* of client ids, with NUL */
#define BINANCE_PLACES       8

/* --- Requests --- */

enum { BINANCE_PUBLIC = 0, BINANCE_KEY = 1, BINANCE_SIGNED = 2, BINANCE_TRADE = 3, BINANCE_WITHDRAW = 4 };

/* What a weight is taken from. */
enum {
  BINANCE_API = 0,      /* 6000 a minute by address */
  BINANCE_SAPI = 1,     /* 12000 a minute by address, each endpoint for itself */
  BINANCE_SAPI_UID = 2, /* 180000 a minute by account, each endpoint for itself */
  BINANCE_FAPI = 3      /* 2400 a minute by address */
};

typedef struct binance_call binance_call;

typedef struct binance_row {
  const char *method;
  const char *path;
  const char *message; /* the method of the WebSocket API; NULL: none */
  int32_t security;
  int32_t group;
  int32_t weight;
  int32_t orders; /* counted against the order limits */
  void (*run)(binance_call *call);
  const char *params;                         /* the names it takes, parted by spaces; NULL: any */
  int32_t (*weigh)(const binance_call *call); /* where the weight depends on the parameters */
} binance_row;

struct binance_call {
  sim *s;
  const sim_request *request;
  sim_reply *reply;
  const binance_row *row;
  sim_account *account; /* NULL: public */
  int32_t over_socket;  /* key, signature and time were checked with the message */
  int32_t failed;
  int32_t code; /* the error's, when failed */
  char text[256];
};

/* Answers with an error; always returns 0, so that checks can end with it. */
int32_t binance_fail(binance_call *call, int32_t status, int32_t code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
cJSON *binance_error(int32_t code, const char *text);

/* A parameter; "" counts as not sent. */
const char *binance_param(const binance_call *call, const char *name);
/* The same; fails when it is not there. */
const char *binance_need(binance_call *call, const char *name);
/* A whole number; `otherwise` when it is not there. 0: failed. */
int32_t binance_whole(binance_call *call, int64_t *out, const char *name, int64_t otherwise);
/* The same of milliseconds; what is beyond the year 2255 counts as that. */
int32_t binance_when(binance_call *call, int64_t *out, const char *name);
/* 1 and a decimal, absent where not sent; 0: failed. */
int32_t binance_decimal(binance_call *call, bourse_decimal *out, const char *name);
/* Index of the spot market that "symbol" names; -1: failed. */
int32_t binance_symbol(binance_call *call);
int32_t binance_market_of(const char *symbol); /* -1: none */

/* The checks of a request, its weight, and the answer, of both HTTP and messages; call->row is found by them. */
void binance_serve(binance_call *call);
const binance_row *binance_row_of(const char *method, const char *path);
const binance_row *binance_row_of_message(const char *message, int32_t usdm);
int32_t binance_signature_is_good(const sim_account *account, const char *payload, size_t length,
                                  const char *signature);
/* recvWindow and timestamp. 0: failed. */
int32_t binance_check_time(binance_call *call);

#define BINANCE_WEIGHT_LIMIT  6000
#define BINANCE_RAW_LIMIT     300000
#define BINANCE_ORDERS_10S    50
#define BINANCE_ORDERS_1D     160000
#define BINANCE_FUTURES_LIMIT 2400
cJSON *binance_rate_limits(binance_call *call, int32_t with_orders); /* with counts, as messages tell them */
/* An order filled: unfilled orders are what is counted. */
void binance_order_filled(sim *s, uint32_t account);

/* --- State --- */

typedef struct binance_fill {
  paper_fill fill;
  int32_t is_there;
} binance_fill;

/* What the exchange knows of an order beyond the engine. */
typedef struct binance_order {
  uint64_t id;
  uint32_t account;
  uint32_t market;
  int32_t type; /* BINANCE_TYPE_* */
  int64_t trailing_delta;
  int64_t price_told;  /* to see changes of price by (futures) */
  uint64_t algo_id;    /* of the conditional order that it came of (futures) */
  int64_t amount_told; /* to see amendments by */
  int32_t status;      /* told last; 0: nothing was told */
  int64_t strategy_id;
  int64_t strategy_type;
  char client_id[BINANCE_ID_SIZE]; /* it may be changed by an amendment */
  char cancel_id[BINANCE_ID_SIZE];
  binance_fill pending; /* a fill whose order event is still to come */
  paper_fill waited_fill;
  paper_order *waiting; /* of an order by cost: the report of its fill waits for what comes next */
  paper_order *ghost;   /* it never came into the engine: expired at once. NULL: it did */
} binance_order;

enum {
  BINANCE_TYPE_LIMIT = 0,
  BINANCE_TYPE_MARKET,
  BINANCE_TYPE_STOP_LOSS,
  BINANCE_TYPE_STOP_LOSS_LIMIT,
  BINANCE_TYPE_TAKE_PROFIT,
  BINANCE_TYPE_TAKE_PROFIT_LIMIT,
  BINANCE_TYPE_LIMIT_MAKER,
  BINANCE_TYPES
};
extern const char *const binance_types[BINANCE_TYPES + 1];

typedef struct binance_amendment {
  uint64_t order_id;
  uint64_t execution_id;
  int64_t before, after;
  int64_t time_ns;
  char old_id[BINANCE_ID_SIZE];
  char new_id[BINANCE_ID_SIZE];
} binance_amendment;

/* Changes of a book since the last message of a pace. */
typedef struct binance_diff {
  int64_t *prices[2];
  uint32_t count[2], capacity[2];
  uint64_t first, last;
} binance_diff;

enum { BINANCE_PACES = 2 }; /* 100 and 1000 milliseconds */

typedef struct binance_book {
  binance_diff diffs[BINANCE_PACES];
  int64_t best[4]; /* bid, its amount, ask, its amount, as last told */
} binance_book;

/* Money that moved in or out, or between wallets. */
typedef struct binance_movement {
  uint64_t id;
  uint32_t account;
  int32_t kind; /* 'd' deposit, 'w' withdrawal, 't' transfer */
  int64_t time_ns;
  bourse_decimal amount;
  char currency[24];
  char type[48]; /* of a transfer, or the network */
  char address[128];
  char tag[64];
  char client_id[64];
} binance_movement;

/* A wallet that the engine does not keep. */
typedef struct binance_pot_row {
  uint32_t account;
  char wallet[24];
  char currency[24];
  paper_money money;
} binance_pot_row;

typedef struct binance_state {
  binance_order *orders; /* by id, rising */
  uint32_t order_count, order_capacity;
  binance_order expected[PAPER_LIST_MAX]; /* what is about to be submitted, known by client id */
  uint32_t expected_count;
  binance_amendment *amendments;
  uint32_t amendment_count;
  binance_movement *movements;
  uint32_t movement_count;
  binance_pot_row *pots;
  uint32_t pot_count;
  binance_book books[PAPER_MARKETS];
  uint8_t *changed; /* balances not told yet: account * currencies + currency */
  uint32_t changed_size;
  int32_t dirty; /* best prices may have changed */
  int64_t flushed_100, flushed_1000, ticked_1s;
  void *usdm;   /* of binance_usdm.c */
  void *margin; /* of binance_margin.c */
} binance_state;

static inline binance_state *binance_state_of(sim *s) { return sim_state(s); }

/* --- Orders (binance_spot.c) --- */
binance_order *binance_order_of(sim *s, uint64_t id); /* NULL: not known */
binance_order *binance_order_add(sim *s, const binance_order *order);
/* The engine's order, or that of one that never got there; NULL: forgotten. */
const paper_order *binance_paper_order(sim *s, const binance_order *order);
/* By "orderId" or "origClientOrderId" (or other names) of the account; NULL: none such. */
binance_order *binance_find_order(binance_call *call, const char *id_name, const char *client_name, int32_t market);
void binance_cancel_id(binance_call *call, binance_order *order, const char *param); /* names the cancel */
typedef struct binance_leg {
  bourse_order_request request;
  binance_order about;
  char client_id[BINANCE_ID_SIZE];
} binance_leg;
/* An order out of parameters: of lists the names begin with a prefix, and side and quantity may be the list's. 0: failed. */
int32_t binance_read_leg(binance_call *call, binance_leg *leg, const char *prefix, const char *side_name,
                         const char *quantity_name);
int32_t binance_check_filters(binance_call *call, uint32_t market, const binance_leg *leg);
int32_t binance_refused(binance_call *call); /* the engine's refusal in the exchange's words */
void binance_expect(sim *s, const binance_leg *leg, uint32_t account);
void binance_expected(sim *s); /* nothing more is */
/* An order that cannot be filled at once as it must: taken, and expired. NULL: it was refused for another reason. */
const paper_order *binance_expire_at_once(sim *s, uint32_t account, uint32_t market, const binance_leg *leg);
void binance_random_id(sim *s, char out[BINANCE_ID_SIZE]);
/* binance_report.c: an order as different calls tell it. */
enum { BINANCE_AS_QUERY = 0, BINANCE_AS_ACK, BINANCE_AS_RESULT, BINANCE_AS_FULL, BINANCE_AS_CANCEL };
cJSON *binance_order_json(sim *s, const paper_order *order, int32_t how);
cJSON *binance_list_json(sim *s, const paper_list *list, int32_t how);   /* how -1: without reports */
cJSON *binance_list_event(sim *s, const paper_list *list, int32_t done); /* listStatus */
const char *binance_status_text(const paper_order *order);
const char *binance_self_trade_text(int32_t self_trade);
const char *binance_tif_text(int32_t time_in_force);
const char *binance_expiry_text(const paper_order *order);

/* --- Public (binance_market.c) --- */
extern const sim_interval binance_intervals[];
const sim_interval *binance_interval_of(const char *name);
typedef cJSON *(*binance_candle_writer)(sim *s, uint32_t market, const sim_interval *interval, int64_t open_ns);
void binance_list_candles(binance_call *call, binance_candle_writer write);
paper_bar binance_bar(sim *s, uint32_t market, const sim_interval *interval, int64_t open_ns);
/* "price" and "amount" as the exchange writes them. */
const char *binance_price(sim *s, uint32_t market, int64_t price);
const char *binance_amount(sim *s, uint32_t market, int64_t amount);
/* What spot and futures answer alike. */
void binance_run_ping(binance_call *call);
void binance_run_time(binance_call *call);
void binance_run_trades(binance_call *call);
void binance_run_aggregates(binance_call *call);
void binance_run_candles(binance_call *call);
cJSON *binance_side_json(sim *s, uint32_t market, int32_t side, int64_t limit);
/* Members of a 24h ticker that requests and streams share, in decimals. */
typedef struct binance_ticker {
  int64_t open, high, low, close, last_amount, bid, bid_amount, ask, ask_amount, count;
  paper_money volume, quote;
  int64_t open_ns, close_ns;
  uint64_t first_id, last_id;
  const char *change, *percent, *average;
} binance_ticker;
binance_ticker binance_ticker_of(sim *s, uint32_t market);

/* --- Streams and messages --- */
enum {
  BINANCE_STREAMS_SPOT = 1,
  BINANCE_MESSAGES_SPOT = 2,
  BINANCE_STREAMS_USDM = 3,
  BINANCE_MESSAGES_USDM = 4,
  BINANCE_USER_USDM = 5
};

typedef struct binance_topic {
  char *name;
  int32_t feed;
  int32_t market; /* -1: all */
  int32_t levels;
  int32_t slow; /* 1000 ms instead of 100; of futures the number of the pace */
  const sim_interval *interval;
  int64_t open_ns; /* of the candle told last */
} binance_topic;

typedef struct binance_socket {
  int32_t kind;
  int32_t combined;
  int32_t microseconds;
  binance_topic *topics;
  uint32_t topic_count;
  int64_t pinged_ns, pong_ns;
  int64_t second;
  int32_t messages;     /* in that second */
  sim_account *session; /* logged on */
  int64_t logon_ns;
  uint32_t accounts[8]; /* subscribed */
  int32_t subscriptions[8];
  uint32_t account_count;
  int32_t next_subscription;
  int32_t no_rate_limits;
  int64_t ends_ns;    /* told by serverShutdown; 0: not */
  int32_t path_class; /* of futures: which streams are to be had */
  char listen_key[72];
} binance_socket;

cJSON *binance_changes_json(sim *s, uint32_t market, const binance_diff *diff,
                            int32_t side); /* [[price, amount], ...] */
int32_t binance_stream_upgrade(sim *s, const sim_request *request, sim_reply *reply);
void binance_stream_message(sim *s, sim_connection *connection, const char *text, size_t length);
void binance_stream_event(sim *s, const paper_event *event);
void binance_stream_tick(sim *s);
void binance_socket_closed(sim *s, sim_connection *connection);
void binance_api_message(sim *s, sim_connection *connection, const char *text, size_t length);
void binance_api_event(sim *s, const paper_event *event);
void binance_flush_balances(sim *s);
void binance_end_subscriptions(sim *s, sim_connection *connection);
/* Money came or went without an order (balanceUpdate). */
void binance_tell_change(sim *s, uint32_t account, const char *currency, const bourse_decimal *amount, int32_t takes);
paper_money *binance_pot(sim *s, uint32_t account, const char *wallet, const char *currency); /* valid until the next */
/* To each subscription of the account; takes the event. */
void binance_tell(sim *s, uint32_t account, cJSON *event);
void binance_add_topic(binance_socket *socket, const char *name);
void binance_send_topic(sim *s, sim_connection *connection, const binance_topic *topic, cJSON *data); /* takes data */
/* To each topic of that feed on connections of that kind; `write` tells of the candle that opened then. */
typedef cJSON *(*binance_topic_writer)(sim *s, const binance_topic *topic, int64_t open_ns, int32_t closed);
void binance_publish_candles(sim *s, int32_t kind, int32_t feed, binance_topic_writer write);
void binance_add_change(binance_diff *diff, int32_t side, int64_t price, uint64_t update_id);
void binance_event(sim *s, const paper_event *event);      /* to all that listen */
void binance_spot_event(sim *s, const paper_event *event); /* keeps records of orders; before the user is told */

/* --- USD-M (binance_usdm*.c) --- */
int32_t binance_usdm_market_of(const char *symbol); /* -1: none */
void binance_usdm_open(sim *s);
void binance_usdm_close(sim *s);
void binance_usdm_event(sim *s, const paper_event *event);
void binance_usdm_tick(sim *s);
int32_t binance_usdm_kept(sim *s, uint32_t index, sim_kept *out);
int64_t binance_usdm_next_ns(sim *s);
void binance_usdm_read_name(binance_topic *topic, const char *name, int32_t path_class);
void binance_usdm_set_key(sim *s, binance_socket *socket, const char *key); /* whose account is told; NULL: nobody's */
int32_t binance_usdm_upgrade(sim *s, const sim_request *request, binance_socket *socket); /* 0: not of futures */

/* --- Margin (binance_margin*.c) --- */
void binance_margin_open(sim *s);
void binance_margin_close(sim *s);
void binance_margin_tick(sim *s);
uint32_t binance_margin_owner(sim *s, uint32_t account); /* the spot account behind a margin one; else the same */
/* The engine's account of a wallet of transfers; -1: it is not of margin, -2: the market is not named or is none. */
int64_t binance_margin_wallet(binance_call *call, const char *wallet, int32_t takes);
sim_account *binance_margin_by_token(sim *s, const char *token, int64_t *expires_ns); /* NULL: no such token */
/* Money of a currency in another one at the last prices (binance_wallet.c). */
paper_money binance_value_in(sim *s, paper_money money, uint32_t currency, uint32_t quote);

extern const binance_row binance_margin_rows[], binance_margin_order_rows[];
extern const binance_row binance_usdm_order_rows[], binance_usdm_account_rows[], binance_usdm_market_rows[];
extern const binance_row binance_market_rows[], binance_spot_rows[], binance_list_rows[], binance_wallet_rows[];

#endif
