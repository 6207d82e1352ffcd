/* sim/kraken.h - what the files of the Kraken dialect share.
 *
 * Spot and futures are one account with two wallets, as at Kraken one client has both; their keys are different ones: a key
 * whose text contains "futures" is for futures, any other for spot.
 *
 * kraken.c: tables, keys, routing, time. kraken_orders.c: placing, changing, ending of spot orders, in REST's words.
 * kraken_trade.c: the calls and messages that do so. kraken_spot.c: public data. kraken_account.c: private lists.
 * kraken_margin.c: positions of spot orders with leverage, and what they are backed with.
 * kraken_stream.c, kraken_executions.c: WebSocket v2. kraken_futures*.c: the Derivatives API and its WebSocket v1. */
#ifndef SIM_KRAKEN_H
#define SIM_KRAKEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bourse/error.h>

#include "desk.h"

#define KRAKEN_SPOT_MARKETS 6
#define KRAKEN_SECOND       INT64_C(1000000000)
#define KRAKEN_MINUTE       (60 * KRAKEN_SECOND)
#define KRAKEN_DEPTHS       5
#define KRAKEN_INTERVALS    9
#define KRAKEN_TRADES       1000
#define KRAKEN_ACCOUNTS     64
#define KRAKEN_BUCKETS      4096
#define KRAKEN_TOKENS       64
#define KRAKEN_ID_SIZE      40
#define KRAKEN_CLIENT_SIZE  104
#define KRAKEN_TEXT_SIZE    40

/* A market as spot and futures call it. */
typedef struct kraken_pair {
  const char *id;           /* key of AssetPairs, or the futures' symbol */
  const char *altname;      /* "XBTUSD" */
  const char *wsname;       /* "XBT/USD" */
  const char *base, *quote; /* asset ids: "XXBT" */
  int32_t price_decimals, amount_decimals;
} kraken_pair;

extern const kraken_pair kraken_pairs[PAPER_MARKETS];
extern const sim_market_row kraken_rows[PAPER_MARKETS];

/* What was changed about an order, and when. */
typedef struct kraken_amend {
  uint64_t number;
  int64_t time_ns;
  int64_t amount, remaining, price, trigger;
} kraken_amend;

/* What an order has that the engine does not keep. */
typedef struct kraken_record {
  struct kraken_record *next; /* of its bucket */
  uint64_t id;                /* 0: being placed */
  uint32_t account, market;   /* account: the engine's, which is another than the owner's for orders on margin */
  uint32_t owner;
  int32_t leverage; /* 0: not on margin */
  int32_t reduces;
  int64_t limit_offset, limit_millionths; /* of trailing-stop-limit: from the price that fires it */
  const char *type;                       /* REST's word; static */
  char client_id[KRAKEN_CLIENT_SIZE];
  char price[KRAKEN_TEXT_SIZE], price2[KRAKEN_TEXT_SIZE]; /* as asked: "65000.1", "+500", "+1.5%" */
  char close[96];                                         /* what the conditional close is, in words */
  char signal[12];                                        /* "last", "index", "mark" */
  int64_t reference;                                      /* userref */
  uint64_t parent;                                        /* of the order whose close this is */
  int32_t post, viqc, has_reference, in_base;             /* fee in base currency */
  int32_t told, fired, amended;
  int64_t filled; /* as told on streams */
  paper_money cost, fee_quote;
  const char *reason; /* why it was ended, where the engine does not know */
  paper_order *ghost; /* accepted and ended at once: not with the engine */
  kraken_amend *amends;
  uint32_t amend_count;
} kraken_record;

typedef struct kraken_token {
  char text[48];
  uint32_t account; /* index of the key */
  int64_t expires_ns;
} kraken_token;

typedef struct kraken_trade {
  uint64_t id;
  int64_t time_ns, price, amount;
  int32_t side;
} kraken_trade;

typedef struct kraken_trades {
  kraken_trade items[KRAKEN_TRADES];
  uint32_t first, count;
} kraken_trades;

/* The state of a book that all subscribers of one depth have. */
typedef struct kraken_book {
  int32_t active;
  sim_ladder ladder;
} kraken_book;

/* An event of the history of orders of futures. */
typedef struct kraken_happening {
  uint64_t uid;
  int64_t time_ns;
  int32_t kind;
  uint32_t account;
  paper_order order, before;
  char reason[48];
} kraken_happening;

enum { HAPPENED_PLACED = 1, HAPPENED_UPDATED, HAPPENED_CANCELED, HAPPENED_REJECTED, HAPPENED_FIRED };

typedef struct kraken_state {
  int64_t start_second;
  kraken_record **records; /* in the order they came to be */
  uint32_t record_count, record_capacity;
  kraken_record *buckets[KRAKEN_BUCKETS];
  kraken_record *placing;
  const char *ending; /* why orders are being ended just now; NULL: their owner asked */
  kraken_token tokens[KRAKEN_TOKENS];
  uint32_t next_token;
  kraken_trades *trades; /* by market */
  kraken_book books[KRAKEN_SPOT_MARKETS][KRAKEN_DEPTHS];
  int32_t moved[PAPER_MARKETS];  /* books changed since the last flush */
  int32_t traded[PAPER_MARKETS]; /* trades since the last flush */
  sim_level best[PAPER_MARKETS][2];
  int64_t timers[2][KRAKEN_ACCOUNTS]; /* dead man's switches: spot, futures; 0: off */
  kraken_happening *happenings;
  uint32_t happening_count, happening_capacity;
  int64_t told_second;                   /* tickers of futures, heartbeats */
  uint64_t ledger_told[KRAKEN_ACCOUNTS]; /* entries of the book that streams had */
  int32_t money_moved[KRAKEN_ACCOUNTS], positions_moved[KRAKEN_ACCOUNTS], any_moved; /* of futures */
  struct kraken_margin **margins;
  uint32_t margin_count;
  uint64_t pushed; /* numbers of messages of futures' private feeds */
  char error[200]; /* text of the last refusal that was put together */
} kraken_state;

/* Bits of what a connection is subscribed to. */
enum { ON_TICKER = 1, ON_BBO = 2, ON_TRADES = 4, ON_BOOK = 8, ON_TICKER_LITE = 16 };
enum {
  ON_EXECUTIONS = 1,
  ON_BALANCES = 2,
  ON_INSTRUMENTS = 4,
  ON_ORDERS = 8,
  ON_ORDERS_VERBOSE = 16,
  ON_FILLS = 32,
  ON_POSITIONS = 64,
  ON_LOG = 128,
  ON_NOTIFICATIONS = 256,
  ON_HEARTBEAT = 512
};

typedef struct kraken_connection {
  int32_t futures;
  uint8_t on[PAPER_MARKETS];
  uint8_t depths[KRAKEN_SPOT_MARKETS];
  uint16_t intervals[KRAKEN_SPOT_MARKETS];
  uint32_t private_on;
  sim_account *account;
  char token[48];
  char challenge[KRAKEN_ID_SIZE];
  uint64_t executions_sequence, balances_sequence;
  int32_t rate_counter, order_status;
  int64_t sent_ns;
} kraken_connection;

/* --- kraken.c: names, numbers, times, records --- */
static inline kraken_state *kraken_of(sim *s) { return sim_state(s); }
static inline const paper_market *kraken_market(sim *s, uint32_t index) {
  return bourse__paper_market(sim_engine(s), index);
}
static inline const paper_account *kraken_account(sim *s, uint32_t index) {
  return bourse__paper_account(sim_engine(s), index);
}
static inline int32_t kraken_is_futures(uint32_t market) { return market >= KRAKEN_SPOT_MARKETS; }

/* "OXXXXX-XXXXX-XXXXXX" of a number, and back; 0: no such id. */
const char *kraken_txid(char out[KRAKEN_ID_SIZE], char kind, uint64_t number);
uint64_t kraken_txid_number(char kind, const char *text);
void kraken_add_raw(cJSON *object, const char *name, const char *text);
void kraken_add_units(cJSON *object, const char *name, int64_t units, int32_t scale, int32_t places); /* number */
void kraken_add_money(cJSON *object, const char *name, paper_money money, int32_t places);            /* number */
void kraken_add_text(cJSON *object, const char *name, int64_t units, int32_t scale, int32_t places);  /* string */
void kraken_add_seconds(cJSON *object, const char *name, int64_t time_ns);                            /* number */
void kraken_add_price(cJSON *object, const char *name, uint32_t market, sim *s, int64_t price);       /* number */
void kraken_add_amount(cJSON *object, const char *name, uint32_t market, sim *s, int64_t amount);     /* number */
/* Price or amount of a market as text with all its decimals. */
const char *kraken_price_text(sim *s, uint32_t market, int64_t price);
const char *kraken_amount_text(sim *s, uint32_t market, int64_t amount);
/* cost / amount with as many decimals as the price has, rounded half to even. */
const char *kraken_average_text(sim *s, uint32_t market, paper_money cost, int64_t amount);
int32_t kraken_pair_named(const char *name);     /* any of its spot names; -1: none */
int32_t kraken_product_named(const char *name);  /* of futures, any case; -1: none */
int32_t kraken_pair_by_symbol(const char *name); /* "BTC/USD"; -1: none */
const char *kraken_asset(const char *currency);  /* "XXBT" for "BTC" */
const char *kraken_currency(const char *asset);  /* "BTC" for "XXBT", "XBT" and "BTC" */
int32_t kraken_starts(const char *text, const char *with);

kraken_record *kraken_record_new(sim *s, uint32_t account, uint32_t market);
kraken_record *kraken_record_of(sim *s, uint64_t id);
void kraken_record_bind(sim *s, kraken_record *record, uint64_t id);
void kraken_record_drop(sim *s, kraken_record *record); /* the newest, never bound */
/* The order itself, with the engine or a ghost; NULL: forgotten. */
paper_order *kraken_order(sim *s, const kraken_record *record);
kraken_record *kraken_by_client(sim *s, uint32_t account, const char *client_id, int32_t futures);
const char *kraken_base_id(const kraken_record *record, char out[KRAKEN_ID_SIZE]);
uint64_t kraken_trade_number(sim *s, uint64_t engine_id);                     /* of a public trade */
const kraken_trade *kraken_trade_at(sim *s, uint32_t market, uint32_t index); /* 0: newest; NULL past the end */
/* Trades of a market before the simulation began are made up by the feed; newest first from `second` down. */
int32_t kraken_past_trade(sim *s, kraken_trade *out, uint32_t market, int64_t slot);
int32_t kraken_cancel(sim *s, paper_order *order, const char *why);
uint32_t kraken_cancel_all(sim *s, uint32_t account, int32_t futures, int32_t market, const char *why);
sim_account *kraken_token_account(sim *s, kraken_connection *connection, const char *token);

/* A parameter of a private call, of a form or of a JSON body. `prefix` NULL: at the top; "close": inside of that. */
typedef struct kraken_params {
  const sim_request *request;
  const cJSON *body; /* NULL: a form */
  const char *prefix;
} kraken_params;

/* --- kraken_orders.c: orders in REST's words, as text; NULL: not given --- */
typedef struct kraken_words {
  const char *pair, *side, *type, *volume, *price, *price2, *trigger, *display, *leverage, *reduce_only, *self_trade,
      *flags, *time_in_force, *expires, *starts, *client_id, *reference, *close_type, *close_price, *close_price2,
      *validate, *deadline;
  int32_t over_socket;
  int32_t counted; /* what it costs is taken already */
} kraken_words;

/* NULL: done, and *out is the order (NULL when it was only checked). Otherwise the error's text. */
const char *kraken_place(sim *s, const sim_account *who, const kraken_words *words, kraken_record **out,
                         char descr[200], char close[96]);
typedef struct kraken_changes {
  const char *amount, *price, *trigger, *display, *post_only, *deadline;
} kraken_changes;
const char *kraken_amend_order(sim *s, const sim_account *who, kraken_record *record, const kraken_changes *changes,
                               uint64_t *amend_id);
/* Gives it to the engine; what would end at once is taken and ended where Kraken does so. NULL: done. */
const char *kraken_submit(sim *s, kraken_record *record, const bourse_order_request *request);
/* The offset of a trailing order, "+500" or "+1.5%", as the engine wants it. 1: it is one. */
int32_t kraken_read_trailing(bourse_order_request *request, const char *text);
/* The open order of the account that is named by txid or client id; NULL: none. */
kraken_record *kraken_find(sim *s, const sim_account *who, const char *txid, const char *client_id);
void kraken_describe(sim *s, const kraken_record *record, const paper_order *order, char out[200]);
/* What the engine's counter says to something that costs so much, in millionths; NULL: go on. Cancels are counted and not
 * refused. */
const char *kraken_count_order(sim *s, const sim_account *who, uint32_t market, int64_t millionths, int32_t refuses);
int64_t kraken_cancel_weight(sim *s, const paper_order *order);
int64_t kraken_edit_weight(sim *s, const paper_order *order);

/* --- kraken_margin.c --- Orders with leverage are those of another account of the engine, which has funds enough for
 * all of them: what they may be is checked here, and what comes of them is booked on their owner's account. */
uint32_t kraken_owner(sim *s, uint32_t account);
void kraken_margin_close(sim *s);
int32_t kraken_leverage_max(uint32_t market);
/* What an order asks for: NULL, with its account and amount set; or the error's text. whole: all of the position. */
const char *kraken_margin_prepare(sim *s, const sim_account *who, const kraken_words *words, kraken_record *record,
                                  bourse_order_request *request, int32_t whole);
/* The same of one that becomes larger. */
const char *kraken_margin_amend(sim *s, const kraken_record *record, const paper_order *order,
                                bourse_order_request *changes);
void kraken_margin_fill(sim *s, const kraken_record *record, const paper_fill *fill);
/* What fills brought is booked, and orders that only reduce shrink with what they reduce. */
void kraken_margin_settle(sim *s);
void kraken_margin_watch(sim *s); /* ends positions that are not backed any more */
int32_t kraken_margin_is_due(sim *s);
/* The trade whose result an entry of the book is, and its fee; 0: none. */
uint64_t kraken_margin_entry(sim *s, const paper_ledger *entry, uint32_t owner, paper_money *fee);
const char *kraken_open_positions(sim *s, sim_account *who, const kraken_params *params, cJSON *out);
const char *kraken_trade_balance(sim *s, sim_account *who, const kraken_params *params, cJSON *out);
/* Fills of both accounts, oldest first, to be freed. */
const paper_fill **kraken_fills(sim *s, uint32_t owner, uint32_t *count);
paper_money kraken_margin_of(const kraken_record *record, const paper_fill *fill); /* what it takes or gives back */

/* --- kraken_trade.c --- */
const char *kraken_trade_call(sim *s, sim_account *who, const char *name, const sim_request *request, const cJSON *body,
                              cJSON **result, int32_t *known);
/* 1: the method is one of orders, and was answered. */
int32_t kraken_trade_message(sim *s, sim_connection *connection, const char *method, const cJSON *message);
const char *kraken_param(const kraken_params *params, const char *name);

/* --- kraken_spot.c, kraken_account.c --- */
const char *kraken_public_call(sim *s, const char *name, const sim_request *request, cJSON **result, int32_t *known);
const char *kraken_account_call(sim *s, sim_account *who, const char *name, const kraken_params *params, cJSON **result,
                                int32_t *known);
/* Why an order ended, in Kraken's words; NULL: it was filled, or is open. */
const char *kraken_reason(const kraken_record *record, const paper_order *order);
/* "open", "closed", "canceled", "expired". */
const char *kraken_status(const paper_order *order);
uint64_t kraken_fill_number(const paper_fill *fill); /* of its txid */
uint64_t kraken_reference_number(sim *s,
                                 const paper_ledger *entry); /* of the trade that an entry of the book is about */
/* The fee of a fill in quote currency, whatever it was taken in. */
paper_money kraken_fee_in_quote(sim *s, const paper_fill *fill);
extern const int32_t kraken_intervals[KRAKEN_INTERVALS];
/* --- kraken_wallet.c: deposits, withdrawals, transfers --- */
const char *kraken_wallet_call(sim *s, sim_account *who, const char *name, const kraken_params *params, cJSON **result,
                               int32_t *known);

/* --- kraken_stream.c --- */
void kraken_socket_open(sim *s, sim_connection *connection);
void kraken_socket_message(sim *s, sim_connection *connection, const cJSON *message);
void kraken_flush(sim *s);
void kraken_answer(sim *s, sim_connection *connection, const cJSON *message, const char *method, const char *error,
                   cJSON *result);
void kraken_send(sim *s, sim_connection *connection, cJSON *message);
void kraken_beat(sim *s);

/* --- kraken_executions.c --- */
const char *kraken_subscribe_private(sim *s, sim_connection *connection, const cJSON *params, const char *channel,
                                     int32_t on, cJSON *result);
void kraken_snapshot_private(sim *s, sim_connection *connection, const cJSON *params, const char *channel);
void kraken_tell_order(sim *s, const paper_order *order);
void kraken_tell_fill(sim *s, const paper_fill *fill);
void kraken_tell_balance(sim *s, const paper_event *event);
void kraken_tell_amended(sim *s, kraken_record *record);

/* --- kraken_futures.c: its calls, and how they are answered --- */
void kraken_futures_request(sim *s, const sim_request *request, sim_reply *reply);
/* A number without zeros behind, as futures write it. */
void kraken_futures_add_price(cJSON *object, const char *name, sim *s, uint32_t market, int64_t price);
void kraken_futures_add_amount(cJSON *object, const char *name, sim *s, uint32_t market, int64_t amount);
void kraken_add_iso(cJSON *object, const char *name, sim *s,
                    int64_t time_ns); /* of the engine; by the exchange's clock */
void kraken_futures_add_ms(cJSON *object, const char *name, sim *s, int64_t time_ns);

/* --- kraken_futures_data.c: public data. Each adds to the answer; an error's text, or NULL --- */
const char *kraken_futures_public(sim *s, const char *name, const sim_request *request, cJSON *out, int32_t *known);
const char *kraken_futures_charts(sim *s, const char *path, const sim_request *request, cJSON *out);
cJSON *kraken_futures_ticker(sim *s, uint32_t market, int32_t on_stream);
cJSON *kraken_futures_side(sim *s, uint32_t market, int32_t side, int32_t on_stream);
const char *kraken_futures_uid(char out[KRAKEN_ID_SIZE], const kraken_trade *trade);

/* --- kraken_futures_orders.c: what acts on orders --- */
const char *kraken_futures_trade(sim *s, sim_account *who, const char *name, const sim_request *request, cJSON *out,
                                 int32_t *known);
/* As events and the history show it; `filled` and `quantity` as given. */
cJSON *kraken_futures_order(sim *s, const paper_order *order, int64_t filled);
cJSON *kraken_futures_trigger(sim *s, const paper_order *order);
int32_t kraken_futures_waits(const paper_order *order);

/* --- kraken_futures_account.c: open orders, fills, money, positions, history --- */
const char *kraken_futures_account(sim *s, sim_account *who, const char *name, const sim_request *request, cJSON *out,
                                   int32_t *known);
const char *kraken_futures_history(sim *s, sim_account *who, const char *name, const sim_request *request, cJSON *out);
const char *kraken_futures_market_history(sim *s, const char *name, const sim_request *request, cJSON *out);
void kraken_happened(sim *s, int32_t kind, const paper_order *order, const paper_order *before, const char *reason);
cJSON *kraken_futures_fill(sim *s, const paper_fill *fill, int32_t on_stream);
void kraken_futures_money(sim *s, uint32_t account, cJSON *out, int32_t on_stream);
cJSON *kraken_futures_positions(sim *s, uint32_t account, int32_t on_stream);

/* --- kraken_futures_stream.c: WebSocket v1 --- */
void kraken_futures_open(sim *s, sim_connection *connection);
void kraken_futures_message(sim *s, sim_connection *connection, const cJSON *message);
void kraken_futures_event(sim *s, const paper_event *event);
void kraken_futures_tick(sim *s);  /* each second */
void kraken_futures_flush(sim *s); /* what changed since */

#endif
