/* sim/kucoin.h - what the files of the KuCoin dialect share.
 *
 * kucoin.c: tables, keys and signatures, pools of requests, routing, tokens, time. Spot: kucoin_market.c public data,
 * kucoin_orders.c placing, changing and ending, kucoin_stops.c conditional orders and OCO, kucoin_report.c orders and fills
 * as they are told. kucoin_account.c: balances, books, fees, transfers, deposits and withdrawals. Futures:
 * kucoin_futures_market.c, kucoin_futures_orders.c, kucoin_futures_account.c. The unified account: kucoin_unified.c,
 * kucoin_unified_orders.c, kucoin_unified_stream.c. WebSocket: kucoin_stream.c, kucoin_user.c
 * private topics, kucoin_entry.c orders as messages. */
#ifndef SIM_KUCOIN_H
#define SIM_KUCOIN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "records.h"

#define KUCOIN_SPOT_MARKETS 6
#define KUCOIN_MS           INT64_C(1000000)
#define KUCOIN_SECOND       INT64_C(1000000000)
#define KUCOIN_MINUTE       (60 * KUCOIN_SECOND)
#define KUCOIN_ACCOUNTS     64
#define KUCOIN_TOKENS       64
#define KUCOIN_INTERVALS    13
#define KUCOIN_ID_SIZE      40

extern const sim_market_row kucoin_rows[PAPER_MARKETS];

/* --- Requests --- */

enum { KUCOIN_PUBLIC = 0, KUCOIN_VIEW, KUCOIN_TRADE, KUCOIN_MOVE, KUCOIN_WITHDRAW };
enum { POOL_PUBLIC = 0, POOL_SPOT, POOL_FUTURES, POOL_MANAGEMENT, POOL_UNIFIED };

typedef struct kucoin_call kucoin_call;

typedef struct kucoin_row {
  const char *method;
  const char *path; /* "*": any one part of it */
  int32_t scope, pool, weight;
  void (*run)(kucoin_call *call);
} kucoin_row;

#define KUCOIN_PARTS 2

struct kucoin_call {
  sim *s;
  const sim_request *request; /* NULL: it came as a message */
  sim_reply *reply;
  sim_account *account;
  const cJSON *body; /* NULL: none; an object or an array */
  cJSON *data;       /* what is answered */
  char parts[KUCOIN_PARTS][SIM_PART_SIZE];
  const char *code; /* of the error; NULL: all is well */
  char text[200];
};

/* {"code", "msg"}; always returns 0, so that checks can end with it. */
int32_t kucoin_fail(kucoin_call *call, const char *code, const char *text);
/* A member of the body, or of the query; "" counts as not sent. NULL: not there. */
const char *kucoin_param(const kucoin_call *call, const char *name);
const char *kucoin_member(const cJSON *object, const char *name);
int32_t kucoin_is_true(const cJSON *object, const char *name);
int64_t kucoin_whole(const kucoin_call *call, const char *name, int64_t otherwise);
int32_t kucoin_market_of(const char *symbol); /* -1: none */
/* A market of spot, or of futures, that a text names; -1: failed. */
int32_t kucoin_spot_market(kucoin_call *call, const char *symbol);
int32_t kucoin_futures_market(kucoin_call *call, const char *symbol);
/* A page of what is in the list, newest first as it is: {"currentPage", "pageSize", "totalNum", "totalPage", "items"}; of the
 * unified account "pageNumber". Takes the list. */
void kucoin_page(kucoin_call *call, cJSON *list, int64_t usual);
/* "startAt" and "endAt" in milliseconds, by the engine's clock. */
void kucoin_span(const kucoin_call *call, int64_t *from_ns, int64_t *to_ns);

extern const kucoin_row kucoin_market_rows[], kucoin_order_rows[], kucoin_report_rows[], kucoin_oco_rows[],
    kucoin_account_rows[], kucoin_futures_market_rows[], kucoin_futures_order_rows[], kucoin_futures_account_rows[],
    kucoin_unified_rows[], kucoin_unified_order_rows[];

/* --- Names, numbers, times --- Spot writes numbers as strings, futures as numbers. */
static inline const paper_market *kucoin_market(sim *s, uint32_t index) {
  return bourse__paper_market(sim_engine(s), index);
}
static inline const paper_account *kucoin_paper_account(sim *s, uint32_t index) {
  return bourse__paper_account(sim_engine(s), index);
}
/* Of a unified account all is one wallet. */
static inline int32_t kucoin_is_unified(sim *s, uint32_t account) { return kucoin_paper_account(s, account)->joined; }
static inline int32_t kucoin_is_futures(uint32_t market) { return market >= KUCOIN_SPOT_MARKETS; }
const char *kucoin_price(sim *s, uint32_t market, int64_t price);
const char *kucoin_amount(sim *s, uint32_t market, int64_t amount); /* of futures: lots */
void kucoin_add_raw(cJSON *object, const char *name, const char *text);
void kucoin_add_ms(sim *s, cJSON *object, const char *name, int64_t time_ns); /* of the engine's; number */
void kucoin_add_ns(sim *s, cJSON *object, const char *name, int64_t time_ns);
const char *kucoin_asset(const char *currency);    /* of futures: "XBT" for "BTC" */
const char *kucoin_currency(const char *currency); /* and back */
const char *kucoin_user(char out[KUCOIN_ID_SIZE], uint32_t account);

/* --- State --- */

/* What an order was called before it was changed. */
typedef struct kucoin_past {
  int64_t price, amount, filled, time_ns;
  paper_money cost;
} kucoin_past;

enum { KUCOIN_PLAIN = 0, KUCOIN_STOP, KUCOIN_OCO };

typedef struct kucoin_record {
  sim_record base;
  int32_t kind;
  struct kucoin_record *owner, *second; /* of an OCO pair */
  kucoin_past *past;
  uint32_t version;                                  /* how often it was changed: each time it gets another id */
  char remark[48], tags[48], visible[48], value[48]; /* value: of futures, asked for in the quote currency */
  const char *stop, *stop_type, *self_trade;         /* as sent; static. "": none */
  int64_t cancel_after;
  int32_t post_only, iceberg, reduce_only, close, leverage, isolated, unified;
  int32_t told, told_open, fired; /* on streams */
  int64_t filled;                 /* as told */
  int64_t amount;                 /* as told, to see changes by */
  paper_money cost, fee;
} kucoin_record;

typedef struct kucoin_token {
  char text[64];
  sim_account *account; /* NULL: a public one */
  int32_t pushes;       /* of the pushes of unified accounts */
  int64_t expires_ns;
} kucoin_token;

/* Changes of a book since the last message. */
typedef struct kucoin_book {
  int64_t *prices[2];
  uint64_t *numbers[2];
  uint32_t count[2], capacity[2];
  uint64_t first, last;
  uint32_t fresh; /* trades */
} kucoin_book;

/* Money outside the engine: the main account. */
typedef struct kucoin_pot {
  uint32_t account, currency;
  paper_money money;
} kucoin_pot;

typedef struct kucoin_movement {
  uint64_t id;
  uint32_t account;
  int32_t leaves; /* a withdrawal; otherwise a deposit */
  int64_t time_ns;
  bourse_decimal amount;
  char currency[24], address[128], memo[64];
  const char *status;
} kucoin_movement;

typedef struct kucoin_state {
  sim_records records;
  kucoin_token tokens[KUCOIN_TOKENS];
  uint32_t next_token;
  kucoin_book books[PAPER_MARKETS];
  kucoin_pot *pots;
  uint32_t pot_count;
  kucoin_movement *movements;
  uint32_t movement_count;
  int64_t timers[KUCOIN_ACCOUNTS], timeouts[KUCOIN_ACCOUNTS]; /* dead man's switch of spot; 0: off */
  char timer_symbols[KUCOIN_ACCOUNTS][400];
  uint64_t versions; /* of wallets told on streams */
  int64_t told_second;
} kucoin_state;

static inline kucoin_state *kucoin_of(sim *s) { return sim_state(s); }

/* The id of an order, and back: NULL when there is none, or (past NULL) it is called something else by now. */
const char *kucoin_order_id(char out[KUCOIN_ID_SIZE], const kucoin_record *record, uint32_t version);
kucoin_record *kucoin_record_named(sim *s, uint32_t account, const char *id, uint32_t *past);
const char *kucoin_now_id(char out[KUCOIN_ID_SIZE], const kucoin_record *record);
kucoin_record *kucoin_by_client(sim *s, uint32_t account, const char *client_id, int32_t market, int32_t futures);
uint64_t kucoin_fill_number(const paper_fill *fill);
/* Of an order that is being placed. */
kucoin_record *kucoin_record_new(sim *s, uint32_t account, uint32_t market);
/* One that waits for its price is known to the service of conditional orders only. */
int32_t kucoin_waits(const kucoin_record *record, const paper_order *order);
uint32_t kucoin_cancel_all(sim *s, uint32_t account, int32_t market, int32_t waiting, cJSON *ids);

/* --- Spot orders --- */
/* Places what the members of an object say. NULL: refused, and the call has failed. */
kucoin_record *kucoin_place(kucoin_call *call, const cJSON *terms, int32_t stops, int32_t test);
void kucoin_run_place(kucoin_call *call);
void kucoin_run_place_sync(kucoin_call *call);
void kucoin_run_cancel_named(kucoin_call *call, const char *id, const char *client_id, int32_t sync);
void kucoin_run_alter(kucoin_call *call);
int32_t kucoin_refused(kucoin_call *call, uint32_t market); /* the engine's reason in KuCoin's words */
const char *kucoin_ends_at_once(int32_t reason);
int32_t kucoin_may_use_client_id(kucoin_call *call, const char *client_id, int32_t needed, int32_t futures);
cJSON *kucoin_order_json(sim *s, const kucoin_record *record, const paper_order *order, const kucoin_past *past);
cJSON *kucoin_sync_json(sim *s, const kucoin_record *record, const paper_order *order);

/* --- Futures --- */
/* NULL: refused, or only tested. */
kucoin_record *kucoin_place_futures(kucoin_call *call, const cJSON *terms, int32_t test);
void kucoin_futures_place(kucoin_call *call, const cJSON *terms, cJSON **answer, int32_t test);
void kucoin_futures_cancel_named(kucoin_call *call, const char *id, const char *client_id);
void kucoin_run_futures_place(kucoin_call *call);
void kucoin_run_set_leverage(kucoin_call *call);
cJSON *kucoin_futures_order_json(sim *s, const kucoin_record *record, const paper_order *order);
cJSON *kucoin_position_json(sim *s, uint32_t account, uint32_t market, int32_t slot);
cJSON *kucoin_overview(sim *s, uint32_t account, const char *currency, int32_t on_stream);

/* --- The account --- */
const char *kucoin_business(const paper_ledger *entry);
/* Makes it a unified account. 0: it has open orders or positions. */
int32_t kucoin_unify(sim *s, uint32_t account);
/* Sets the dead man's switch of spot; 0: failed. */
int32_t kucoin_set_timer(kucoin_call *call, const char *symbols);

/* --- The unified account --- */
/* 0 spot, 1 futures; -1: failed. The market of that kind which a text names; -1: failed. */
int32_t kucoin_trade_type(kucoin_call *call, const char *type);
int32_t kucoin_market_by_type(kucoin_call *call, int32_t type, const char *symbol);
int64_t kucoin_unified_page(const kucoin_call *call); /* rows of a page as asked for */
cJSON *kucoin_unified_order_json(sim *s, const kucoin_record *record, const paper_order *order);
cJSON *kucoin_unified_balance_json(sim *s, uint32_t account, uint32_t currency);
cJSON *kucoin_unified_position_json(sim *s, uint32_t account, uint32_t market);
void kucoin_unified_welcome(sim *s, sim_connection *connection);
void kucoin_unified_message(sim *s, sim_connection *connection, const cJSON *message);
void kucoin_unified_order_event(sim *s, kucoin_record *record, const paper_order *order);
void kucoin_unified_fill_event(sim *s, kucoin_record *record, const paper_order *order, const paper_fill *fill);
void kucoin_unified_balance_event(sim *s, const paper_event *event);
void kucoin_unified_position_event(sim *s, const paper_event *event);
cJSON *kucoin_unified_fill_json(sim *s, const paper_fill *fill, const kucoin_record *record);

/* --- Streams --- */
enum {
  ON_TICKER = 1,
  ON_LEVEL1 = 2,
  ON_DEPTH5 = 4,
  ON_DEPTH50 = 8,
  ON_LEVEL2 = 16,
  ON_MATCH = 32,
  ON_SNAPSHOT = 64,
  ON_TICKER_V2 = 128,
  ON_INSTRUMENT = 256
};
enum {
  ON_ALL_TICKERS = 1,
  ON_ORDERS = 2,
  ON_ORDERS_V2 = 4,
  ON_STOPS = 8,
  ON_BALANCE = 16,
  ON_FUTURES_ORDERS = 32,
  ON_FUTURES_STOPS = 64,
  ON_WALLET = 128,
  ON_POSITIONS = 256,
  ON_MARGIN_MODE = 512,
  ON_LEVERAGE = 1024,
  ON_UNIFIED_ORDERS = 2048,
  ON_UNIFIED_FILLS = 4096,
  ON_UNIFIED_POSITIONS = 8192,
  ON_UNIFIED_BALANCES = 16384,
  ON_UNIFIED_FILLS_LITE = 32768
};

typedef struct kucoin_socket {
  uint32_t on[PAPER_MARKETS];
  uint32_t candles[PAPER_MARKETS]; /* by interval */
  uint32_t orders_of[PAPER_MARKETS], position_of[PAPER_MARKETS];
  uint32_t everywhere;
  sim_account *account;
  int32_t is_push;           /* of a unified account */
  int32_t is_entry, entered; /* orders as messages: challenged, and answered */
  char challenge[128];
  int64_t heard_ns;
} kucoin_socket;

extern const sim_interval kucoin_intervals[KUCOIN_INTERVALS];
int32_t kucoin_upgrade(sim *s, const sim_request *request, sim_reply *reply);
void kucoin_opened(sim *s, sim_connection *connection);
void kucoin_message(sim *s, sim_connection *connection, const char *text, size_t length);
void kucoin_stream_event(sim *s, const paper_event *event);
void kucoin_flush(sim *s);
void kucoin_tick(sim *s);
/* {"topic", "type", "subject", "data"}; takes the data. */
void kucoin_push(sim *s, sim_connection *connection, const char *topic, const char *subject, cJSON *data);
/* The same of one's own; userId and channelType beside it. */
void kucoin_push_private(sim_connection *connection, const char *topic, const char *subject, cJSON *data);
cJSON *kucoin_side(sim *s, uint32_t market, int32_t side, uint32_t depth, int32_t numbers);
void kucoin_user_event(sim *s, const paper_event *event);
void kucoin_user_order(sim *s, kucoin_record *record, const paper_order *order);
void kucoin_tell_setting(sim *s, uint32_t account, uint32_t market, int32_t leverage);
void kucoin_entry_open(sim *s, sim_connection *connection);
void kucoin_entry_message(sim *s, sim_connection *connection, const char *text, const cJSON *message);
/* A public or private token, and where to connect with it; without that: one for the pushes of unified accounts. */
cJSON *kucoin_bullet(sim *s, sim_account *account, const sim_request *request, int32_t futures);
int32_t kucoin_check_signature(sim *s, const sim_account *who, const char *timestamp, const char *method,
                               const char *target, const char *body, const char *given);
/* base64(HMAC-SHA256(secret, text)). */
const char *kucoin_hmac(char out[129], const sim_account *who, const char *text);

#endif
