/* sim/sim.h - simulated exchanges: bytes in, bytes out, on a clock that is given.
 *
 * A `sim` is one exchange: markets, accounts, one matching engine (that of paper trading), an outside market made from a
 * seed, and a dialect, which speaks to clients as the exchange does. It has no clock, no randomness but its seed, and does
 * no I/O: tests drive it in their own process on virtual time, `bourse sim` puts it on sockets (serve.c).
 *
 *     sim_advance(s, now_ns);                        time goes on; what was due happens; streams get their messages
 *     sim_receive(connection, bytes, length);        what a client sent
 *     bytes = sim_output(connection, &length);       what the client gets
 *     sim_sent(connection, length);                  ... that much of it is on its way
 *
 * It shares nothing with the adapters it is there to check: signatures are checked with OpenSSL (check.c), JSON is read and
 * written through cJSON (json.c), messages are framed by wslay (socket.c). What an exchange refuses, how and in which words
 * is the dialect's; each file of a dialect names the exchange's documents that it follows.
 *
 * Who does what: core.c life and time; http.c requests and replies; socket.c WebSocket; json.c decimals in JSON; check.c
 * signatures; names.c and market.c (desk.h) what dialects have in common; limits.c budgets and bans; faults.c planned faults; accounts.c keys; serve.c sockets and TLS; a dialect
 * `<exchange>*.c` its tables, calls and streams. */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <bourse/error.h>
#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdint.h>

#include "exchange/paper/engine.h"
#include "exchange/paper/feed.h"

typedef struct sim sim;
typedef struct sim_connection sim_connection;
typedef struct sim_dialect sim_dialect;

/* --- Making -------------------------------------------------------------------------------------------------------- */

/* A key that works. The engine's account is made with it; several keys may have one account (`of`). */
typedef struct sim_key {
  const char *name; /* of the account: "main" */
  const char *api_key;
  const char *
      secret; /* as a client has it: HMAC secret, base64 secret, or a public PEM where clients sign with a private one */
  const char *passphrase; /* NULL: none */
  int32_t read_only;      /* may not trade */
  int32_t withdraws;      /* may withdraw */
} sim_key;

/* What an account begins with. wallet: 0 spot, 1 futures. */
typedef struct sim_fund {
  const char *account; /* a name among the keys */
  const char *currency;
  int32_t wallet;
  int32_t reserved;
  bourse_decimal amount;
} sim_fund;

typedef struct sim_options {
  const char *exchange; /* name of a dialect */
  uint64_t seed;
  int64_t now_ns;
  const sim_key
      *keys; /* none: one account "main" with key "sim-key" and secret "sim-secret" (in the exchange's form) */
  uint32_t key_count;
  uint32_t fund_count;
  const sim_fund *funds; /* none: the dialect's own, for every account */
  const char *faults;    /* JSON text of planned faults (faults.c); NULL: none */
  int32_t still;         /* yes: the outside market has depth but does not move or trade */
  int32_t no_limits;     /* yes: rate limits are counted and told, but nobody is refused */
  int32_t is_tls;        /* yes: addresses that the exchange tells are those of TLS */
} sim_options;

/* Errors: BOURSE_ERROR_UNKNOWN_NAME, _ARGUMENT (a sentence in text). Memory that is out ends the process (core.h). */
int32_t sim_new(sim **out, const sim_options *options, char *text, size_t text_size);
void sim_free(sim *s);
const sim_dialect *sim_dialect_at(uint32_t index); /* NULL past the last */

/* Keys and funds out of a JSON text: [{"name": "main", "keys": [{"key", "secret", "passphrase", "read_only", "withdraws"}],
 * "spot": {"USDT": "1000"}, "futures": {...}}]. Errors: BOURSE_ERROR_ARGUMENT. */
typedef struct sim_accounts {
  sim_key *keys;
  sim_fund *funds;
  uint32_t key_count;
  uint32_t fund_count;
} sim_accounts;
int32_t sim_accounts_read(sim_accounts *out, const char *json, char *text, size_t size);
void sim_accounts_free(sim_accounts *accounts);

/* --- Time ---------------------------------------------------------------------------------------------------------- */

/* Never goes back. */
void sim_advance(sim *s, int64_t now_ns);
int64_t sim_now_ns(const sim *s);
/* When something will happen by itself at the latest (a tick of the outside market, a heartbeat, a timer); INT64_MAX: never. */
int64_t sim_next_ns(const sim *s);

/* --- Connections --------------------------------------------------------------------------------------------------- */

/* A client connects from `address` ("127.0.0.1"): what budgets by address are counted on. NULL: memory is out. */
sim_connection *sim_connect(sim *s, const char *address);
void sim_disconnect(sim_connection *connection); /* the client is gone; frees */
void sim_receive(sim_connection *connection, const void *bytes, size_t length);
const void *sim_output(const sim_connection *connection, size_t *length);
void sim_sent(sim_connection *connection, size_t length);
/* Yes: when the output is out, the exchange ends the connection. 2: it breaks it (reset) at once. */
int32_t sim_is_ending(const sim_connection *connection);
/* The next connection of the sim after `connection` (NULL: the first) that has output or is ending. */
sim_connection *sim_next_ready(sim *s, sim_connection *connection);
void *sim_user_data(const sim_connection *connection);
void sim_set_user_data(sim_connection *connection, void *user_data);

/* --- What a dialect sees ------------------------------------------------------------------------------------------- */

/* A whole HTTP request. Texts are NUL-terminated and live until the handler returns. */
typedef struct sim_request {
  sim_connection *connection;
  const char *method;
  const char *path;  /* as sent, before '?', not decoded */
  const char *query; /* as sent, after '?'; "" */
  const char *body;  /* "" */
  size_t body_length;
  const char *address;
  int64_t received_ns; /* by the exchange's clock (skew included) */
} sim_request;

const char *sim_header(const sim_request *request, const char *name); /* any case; NULL: not there */

/* Members of a query, or of a form body, decoded; NULL: not there. Kept until the handler returns. The n-th of a name: `at`. */
const char *sim_query(const sim_request *request, const char *name);
const char *sim_form(const sim_request *request, const char *name);
/* Query first, then form: exchanges that take either. */
const char *sim_param(const sim_request *request, const char *name);
uint32_t sim_param_count(const sim_request *request);
const char *sim_param_name(const sim_request *request, uint32_t index);
const char *sim_param_value(const sim_request *request, uint32_t index);

/* The reply that is being made. */
typedef struct sim_reply sim_reply;
void sim_reply_status(sim_reply *reply, int32_t status); /* 200 when not said */
void sim_reply_header(sim_reply *reply, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Takes the tree and frees it. */
void sim_reply_json(sim_reply *reply, cJSON *json);
void sim_reply_text(sim_reply *reply, const char *content_type, const char *text);

/* Requests that come as messages can be answered by what answers those of HTTP: a request of parameters, and its reply. */
sim_request *sim_request_new(sim_connection *connection, const char *method, const char *path); /* texts are borrowed */
void sim_request_add(sim_request *request, const char *name, const char *value);
void sim_request_free(sim_request *request);
sim_reply *sim_reply_new(void);
int32_t sim_reply_get_status(const sim_reply *reply);
cJSON *sim_reply_take_json(sim_reply *reply); /* now the caller's; NULL: there is none */
void sim_reply_free(sim_reply *reply);

/* WebSocket connections that a dialect accepted. */
void sim_send_json(sim_connection *connection, cJSON *json); /* takes and frees it */
void sim_send_text(sim_connection *connection, const char *text);
void sim_send_ping(sim_connection *connection, const char *text);
void sim_send_close(sim_connection *connection, int32_t code, const char *reason);
void sim_break(sim_connection *connection);             /* a reset */
void *sim_connection_state(sim_connection *connection); /* dialect->connection_size bytes, zeroed */
sim *sim_of(const sim_connection *connection);
const char *sim_connection_path(const sim_connection *connection); /* of the upgrade */
const char *sim_connection_query(const sim_connection *connection);
const char *sim_connection_address(const sim_connection *connection);
int64_t sim_connection_opened_ns(const sim_connection *connection);
/* WebSocket connections, oldest first; NULL past the last. */
sim_connection *sim_next_socket(sim *s, sim_connection *connection);

/* One row for each of the outside market's eight (exchange/paper/feed.h), in their order; `id` NULL: not listed there. */
typedef struct sim_market_row {
  const char *id;                    /* the exchange's */
  const char *symbol;                /* unified: key of the row for the engine */
  const char *base, *quote, *settle; /* engine's currencies, unified codes */
  bourse_decimal tick, step, amount_min, amount_max, cost_min, maker, taker;
} sim_market_row;

/* An order that waits, or waited, with the dialect: the engine never had it, or has what it became as an order of its own. */
typedef struct sim_kept {
  uint32_t account;
  const char *client_id; /* ""; NULL: this one is the engine's, or no order any more */
  int32_t status;        /* BOURSE_ORDER_*; TRIGGERED: another order came of it */
  int32_t reason;        /* PAPER_*, of its end */
  uint64_t became;       /* the engine's id of that; 0: none */
  uint64_t rests;        /* that of the limit order of a pair, which is in the book from the start; 0: none */
  int32_t fired;         /* of a pair: 1 the take-profit, 2 the stop; 0: neither */
  int64_t since_ns;      /* when its status was the last to change */
} sim_kept;

struct sim_dialect {
  const char *name; /* "binance" */
  const char *title;
  const sim_market_row *markets; /* PAPER_MARKETS of them */
  const sim_fund *funds;         /* defaults; account NULL: each */
  uint32_t fund_count;
  uint32_t state_size;
  uint32_t connection_size;
  int32_t refused_client_ids_reusable; /* as paper_config.client_ids_reusable */
  const char *default_key;             /* the form the exchange's keys have */
  const char *default_secret;
  const char *default_passphrase; /* NULL: keys have none */
  void (*open)(sim *s);           /* engine, accounts and markets are there */
  void (*close)(sim *s);
  /* Answers a request: fills `reply`. */
  void (*request)(sim *s, const sim_request *request, sim_reply *reply);
  /* 1: the connection becomes a WebSocket. 0: `reply` says why not. */
  int32_t (*upgrade)(sim *s, const sim_request *request, sim_reply *reply);
  void (*message)(sim *s, sim_connection *connection, const char *text, size_t length);
  void (*closed)(sim *s, sim_connection *connection); /* the client, or a fault, ended it */
  /* Each event of the engine, in order, after the call that caused it. The engine may be read, not changed. */
  void (*event)(sim *s, const paper_event *event);
  /* Time has gone on (sim_now_ns). Heartbeats, throttled streams, timers. */
  void (*tick)(sim *s);
  int64_t (*next_ns)(const sim *s); /* when tick has something to do; NULL: never by itself */
  int32_t trigger_at_once;          /* as paper_config.trigger_at_once */
  int32_t fees_in_quote;            /* as paper_config.fees_in_quote */
  uint32_t more_key_count;          /* made together with the default key, for the same account or another */
  const sim_key *more_keys;
  const char *const *faults; /* names of those the dialect asks for, NULL at the end; NULL: any name is taken */
  void (*opened)(sim *s, sim_connection *connection); /* the upgrade is answered: what is sent at once */
  void (*pong)(sim *s, sim_connection *connection);
  void (*ping)(sim *s, sim_connection *connection); /* the pong goes by itself */
  int32_t one_wallet; /* yes: contracts are traded with the money of spot; wallet 1 is where money is only kept */
  /* For tests: those that the dialect keeps itself. 0: past the last; NULL: the engine has all. */
  int32_t (*kept)(sim *s, uint32_t index, sim_kept *out);
};

void *sim_state(sim *s);
paper_engine *sim_engine(sim *s);
paper_feed *sim_feed(sim *s);
uint64_t sim_random(sim *s);
int32_t sim_is_tls(const sim *s);
/* A new id in the exchange's manner: numbers rise by themselves. */
uint64_t sim_next_number(sim *s);

/* --- Accounts (accounts.c) --- */
typedef struct sim_account {
  sim_key key;
  uint32_t account; /* the engine's */
  uint64_t last_nonce;
  void *state; /* the dialect's, freed by it in close */
} sim_account;
sim_account *sim_account_by_key(sim *s, const char *api_key); /* NULL: no such key */
sim_account *sim_account_of(sim *s, uint32_t engine_account); /* the first key of it */
sim_account *sim_account_at(sim *s, uint32_t index);

/* Changes to the engine go through these, so that events reach the dialect and faults can step in. Arguments as those of
 * bourse__paper_*. */
int32_t sim_submit(sim *s, paper_order **out, uint32_t account, uint32_t market, const bourse_order_request *request);
int32_t sim_submit_list(sim *s, paper_list **out, uint32_t account, uint32_t market, int32_t kind,
                        const bourse_order_request *const *requests, uint32_t count, const char *client_id);
int32_t sim_cancel(sim *s, paper_order *order);
int32_t sim_edit(sim *s, paper_order *order, const bourse_order_request *changes);
int32_t sim_deposit(sim *s, uint32_t account, uint32_t wallet, const char *currency, const bourse_decimal *amount,
                    const char *kind);
/* Delivers the engine's events to the dialect; the functions above do it before they return, and sim_advance as time goes. */
void sim_settle(sim *s);
int32_t sim_kept_at(sim *s, uint32_t index, sim_kept *out); /* 0: past the last */
/* For tests that want to know what was true: `event` is called with each of the engine's before the dialect has it, `settled`
 * after each change of the engine, when the dialect has had its events. Either may be NULL. */
void sim_observe(sim *s, void (*event)(void *user_data, const paper_event *event), void (*settled)(void *user_data),
                 void *user_data);

/* --- Signatures (check.c), OpenSSL --- Texts in, text out; 0: failed. */
int32_t sim_hmac_hex(char out[129], int32_t bits, const void *secret, size_t secret_length, const void *bytes,
                     size_t length);
int32_t sim_hmac_base64(char out[129], int32_t bits, const void *secret, size_t secret_length, const void *bytes,
                        size_t length);
int32_t sim_sha256(uint8_t out[32], const void *bytes, size_t length);
/* Bytes of a base64 text into `out` (room for its length); their number, or -1. */
int64_t sim_base64_decode(uint8_t *out, const char *text);
/* RSA PKCS#1 SHA-256 or Ed25519, by the kind of the PEM public key; signature in base64. */
int32_t sim_verify_pem(const char *pem, const void *bytes, size_t length, const char *signature_base64);
/* The same of base64url without padding, as tokens have it; `length` of the text. */
int64_t sim_base64url_decode(uint8_t *out, const char *text, size_t length);
/* Of a key as a client has it: a PEM, private or public, maybe with its line ends written as "\n", or base64 of an Ed25519
 * seed, maybe with its public key behind. "ES256", "EdDSA", or NULL: no such key. */
const char *sim_token_algorithm(const char *secret);
/* A signature of that key as tokens have it: 64 bytes, of ES256 r and s. */
int32_t sim_verify_token(const char *secret, const void *bytes, size_t length, const uint8_t signature[64]);
int32_t sim_same_text(const char *a, const char *b); /* constant time */

/* --- JSON (json.c) --- cJSON keeps doubles: numbers that matter are written as raw text, and read as they were sent. */
/* Parses with every number kept as a marked string of its digits: sim_json_is_number tells it from other strings, and its
 * text is to be had by sim_json_text and sim_json_item_text only. NULL: not JSON. */
cJSON *sim_json_parse(const char *text, size_t length);
int32_t sim_json_is_number(const cJSON *item);
const char *sim_json_item_text(const cJSON *item); /* digits or string; NULL: neither */
cJSON *sim_json_again(const cJSON *item);          /* a copy as it was sent, to be sent back (an id, say) */
const char *sim_json_text(const cJSON *object,
                          const char *name); /* digits or string of a member; NULL: not there or neither */
int32_t sim_json_decimal(bourse_decimal *out, const cJSON *object, const char *name); /* 1: there and a number */
int32_t sim_json_true(const cJSON *object, const char *name);
void sim_json_add_decimal(cJSON *object, const char *name, const bourse_decimal *value); /* as a string */
void sim_json_add_number(cJSON *object, const char *name, const bourse_decimal *value);  /* as a number */
void sim_json_add_integer(cJSON *object, const char *name, int64_t value);
void sim_json_add_units(cJSON *object, const char *name, int64_t units, int32_t scale,
                        int32_t places); /* string, fixed places; -1: as needed */
void sim_json_add_money(cJSON *object, const char *name, paper_money money, int32_t places); /* string */
/* Text of numbers, in one of a ring of buffers (good for the next 32 calls). */
const char *sim_units_text(int64_t units, int32_t scale, int32_t places);
const char *sim_money_text(paper_money money, int32_t places);
const char *sim_decimal_text(const bourse_decimal *value);
int32_t sim_decimal(bourse_decimal *out, const char *text); /* 1: a plain number */
/* As parameters are written: digits, and perhaps a point and more of them, 41 characters at most; or a whole number up to 10^18.
 * 1: it is. */
int32_t sim_written_decimal(bourse_decimal *out, const char *text);
int32_t sim_written_whole(int64_t *out, const char *text);

/* --- Limits (limits.c) --- */
/* Takes `weight` from the window of `interval_ns` that is named so for this address or key (`who`). Returns what is used with
 * it; more than `capacity`: refused, and nothing was taken. */
int64_t sim_used(sim *s, const char *name, const char *who, int64_t interval_ns);
int64_t sim_take(sim *s, const char *name, const char *who, int64_t interval_ns, int64_t capacity, int64_t weight);
/* The same with windows that begin with the first request after the last one ended; *reset_ns: how long this one lasts. */
int64_t sim_take_opened(sim *s, const char *name, const char *who, int64_t interval_ns, int64_t capacity,
                        int64_t weight, int64_t *reset_ns);
/* The same with no windows: what was taken counts for interval_ns. *reset_ns: until the oldest of it counts no more. */
int64_t sim_take_rolling(sim *s, const char *name, const char *who, int64_t interval_ns, int64_t capacity,
                         int64_t weight, int64_t *reset_ns);
/* A counter that decays by `per_second` each second, all in one unit (hundredths, millionths) of the caller's; 0: taken, else
 * refused, and by how much it is over. A negative weight gives back. */
int64_t sim_take_leaky(sim *s, const char *name, const char *who, int64_t per_second, int64_t capacity, int64_t weight);
int64_t sim_banned_until_ns(sim *s, const char *who);
void sim_ban(sim *s, const char *who, int64_t until_ns);
/* The most that any client had over a limit so far (0: none ever was): what tests ask. */
uint64_t sim_violations(const sim *s);

/* --- Faults (faults.c) --- */
/* Of a request, decided by the plan when it arrives and acted on by http.c; dialects ask for those of their own:
 * "maintenance", "listen_key_dead", "token_dead", "stream_gap", "stream_bad_checksum", "engine_busy" ... with the plan's
 * JSON member `where` as text. 1: now. */
int32_t sim_fault(sim *s, const char *name, const char *where);
int64_t sim_skew_ns(const sim *s);  /* the exchange's clock against the one given */
int64_t sim_clock_ns(const sim *s); /* the exchange's own time: now + skew */

#endif
