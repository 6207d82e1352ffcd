/* api/api.h - what the files of lib/api share: contexts, handles, running operations, results, market tables. */
#ifndef API_API_H
#define API_API_H

#include <bourse/exchange.h>
#include <bourse/stream.h>
#include <bourse/sys/adapter.h>
#include <bourse/sys/schema.h>

#include <stdarg.h>
#include <stdatomic.h>

#include "api/exchange.h"
#include "api/running.h"
#include "core/arena.h"
#include "core/log.h"
#include "net/clock_offset.h"
#include "net/http.h"
#include "net/limiter.h"
#include "net/loop.h"

/* --- Failures ------------------------------------------------------------------------------------------------------ */

/* A bourse_error with room for its own texts. */
typedef struct bourse__failure {
  bourse_error error;
  char message[480];
  char field[48];
  char exchange_code[64];
  char exchange_message[480];
  char client_order_id[80];
} bourse__failure;

void bourse__failure_clear(bourse__failure *failure);
/* Sets code, outcome NOT_SENT, field and message; forgets what the exchange said, not whose failure it is (exchange,
 * operation, client_order_id). Returns code. */
int32_t bourse__failure_set(bourse__failure *failure, int32_t code, const char *field, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
int32_t bourse__failure_set_v(bourse__failure *failure, int32_t code, const char *field, const char *message, va_list list);
/* Copies the texts and points the copy at its own. */
void bourse__failure_copy(bourse__failure *out, const bourse__failure *failure);
/* Copies printable text, cut to fit at a character's boundary; bytes that are not UTF-8 become '?'. */
void bourse__copy_text(char *out, size_t out_size, const char *text, size_t length);

/* Checks a struct's stamp and copies it into `out` (full_size bytes): members an older caller lacks are zero, non-zero ones
 * that we lack are refused. */
int32_t bourse__copy_stamped(void *out, size_t full_size, const void *in, const char *name, bourse__failure *failure);

/* --- Market tables ------------------------------------------------------------------------------------------------- */

/* The markets of one product, never changed once made; kept alive by tables, running operations and results. */
typedef struct bourse__markets {
  atomic_int references;
  int32_t product;
  bourse_arena *arena;
  bourse_market *items;
  uint32_t count;
  uint32_t slot_mask;
  uint32_t *by_id;     /* open addressing: index + 1, 0 empty */
  uint32_t *by_symbol;
} bourse__markets;

/* Which table a handle uses: one per exchange, world, hosts and product. */
typedef struct bourse__markets_slot {
  struct bourse__markets_slot *next;
  const bourse_adapter *adapter;
  int32_t environment;
  int32_t product;
  uint64_t hosts_hash;
  bourse__markets *markets; /* NULL: not loaded */
  int64_t loaded_monotonic_ns;
  int32_t asked_store;
  struct bourse__running *loading;
} bourse__markets_slot;

int32_t bourse__markets_new(bourse__markets **out, const bourse_allocator *allocator, int32_t product,
                            const bourse_market *const *items, uint32_t count);
bourse__markets *bourse__markets_keep(bourse__markets *markets);
void bourse__markets_drop(bourse__markets *markets);
const bourse_market *bourse__markets_by_id(const bourse__markets *markets, const char *id, size_t length);
const bourse_market *bourse__markets_by_symbol(const bourse__markets *markets, const char *symbol, size_t length);

/* The slot for this handle and product, made when it is not there; NULL when memory is out. */
bourse__markets_slot *bourse__markets_slot_of(bourse_exchange *exchange, int32_t product);
/* 1 when the slot has a table young enough; asks the host's store once. */
int32_t bourse__markets_ready(bourse_exchange *exchange, bourse__markets_slot *slot);
/* Takes the records of a fetch_markets result as the tables of their products; product 0: all that the adapter lists. */
int32_t bourse__markets_adopt(bourse_exchange *exchange, const bourse_result *result, int32_t product);
/* Hands the tables of a product (0: all) to the host to keep. */
void bourse__markets_save(bourse_exchange *exchange, int32_t product);
/* Product that a unified symbol's form tells; 0 when it is not of that form. */
int32_t bourse__symbol_product(const char *symbol);

/* --- Results ------------------------------------------------------------------------------------------------------- */

#define BOURSE__RESULT_TABLES 8 /* one per product, and one more each when a table was loaded again */

struct bourse_result {
  bourse_arena *arena;
  int32_t operation;
  int32_t kind;
  int32_t code;
  int32_t outcome;
  int32_t http_status;
  uint32_t count;
  uint32_t capacity;
  uint32_t record_size;
  char *records; /* a single one is in the arena, several are in `memory` */
  void *memory;
  const char *cursor;
  const char *raw;
  size_t raw_length;
  int64_t received_ns;
  int64_t delivered_ns;
  bourse__failure *failure; /* NULL: none */
  bourse__markets *tables[BOURSE__RESULT_TABLES];
  uint32_t table_count;
};

/* A new zeroed record; NULL: memory is out. */
void *bourse__result_append(bourse_result *result);
bourse_result *bourse__result_new(const bourse_allocator *allocator, int32_t operation, int32_t kind);
/* Keeps a market table alive as long as the result. */
void bourse__result_use(bourse_result *result, bourse__markets *markets);

/* --- Limits -------------------------------------------------------------------------------------------------------- */

#define BOURSE__SOCKETS_MAX 24

/* So many in a window that begins with the first. */
typedef struct bourse__pace {
  int64_t since_ns;
  uint32_t count;
} bourse__pace;

/* Budgets of one exchange and world, shared by the handles of a context. */
typedef struct bourse__limits {
  struct bourse__limits *next;
  const bourse_adapter *adapter;
  int32_t environment;
  bourse__limiter *limiter;
  uint32_t *address_buckets; /* by index into adapter->limits; UINT32_MAX for account ones */
  struct bourse__account_limits *accounts;
  bourse__pace connects[BOURSE__SOCKETS_MAX]; /* new connections to each host */
  bourse__pace sends[BOURSE__SOCKETS_MAX];    /* messages, of those that all connections share */
} bourse__limits;

/* A budget of one market. */
typedef struct bourse__market_budget {
  struct bourse__market_budget *next;
  uint32_t limit;  /* index into adapter->limits */
  uint32_t bucket; /* of the limiter */
  char id[];
} bourse__market_budget;

typedef struct bourse__account_limits {
  struct bourse__account_limits *next;
  uint8_t key_hash[32];
  uint32_t ordinal;
  bourse__market_budget *markets;
  uint64_t last_nonce;
  uint32_t buckets[]; /* by index into adapter->limits; UINT32_MAX for address ones */
} bourse__account_limits;

/* The account's budget of this market, made when it is not there; UINT32_MAX: there is none (no account, no memory). */
uint32_t bourse__market_bucket(const bourse_exchange *exchange, uint32_t limit, const char *id);
/* UTC at the exchange, for the limiter, which learns how far that is ahead of the monotonic clock. */
int64_t bourse__limits_now_ns(bourse_exchange *exchange);

/* --- Handles ------------------------------------------------------------------------------------------------------- */

typedef struct bourse__running bourse__running;
typedef struct bourse__link bourse__link;
typedef struct bourse__journal bourse__journal;
typedef struct bourse__rails bourse__rails;

struct bourse_exchange {
  bourse_exchange *next;
  bourse_context *context; /* NULL once that is freed */
  bourse_allocator allocator;
  const bourse_adapter *adapter;
  void *state;
  bourse_arena *arena;
  bourse_signer *signer;
  const char *api_key;
  const char **hosts; /* by index into adapter->hosts; NULL: none in this world */
  uint64_t hosts_hash;
  int32_t environment;
  int32_t product;
  int32_t margin_mode;
  int32_t allow_withdrawals;
  int32_t clock_sync;
  int32_t keep_raw;
  int32_t check_orders;
  int32_t wait_for_limits;
  uint32_t retry_limit;
  int64_t timeout_ms;
  int64_t receive_window_ms;
  int64_t market_refresh_ms;
  size_t reply_size_max;
  uint64_t fixed_nonce; /* setting "nonce": 0 none */
  int64_t nonce_unit_ns; /* setting "nonce_unit" */
  bourse__limits *limits;
  bourse__account_limits *account;
  bourse__clock_offset clock;
  int64_t clock_tried_ns; /* monotonic; 0: never */
  bourse__running *clock_running;
  int32_t order_transport; /* BOURSE_TRANSPORT_* */
  int32_t closing;         /* closed inside a callback: freed by the sweep */
  int32_t auto_resolve;
  int64_t journal_keep_ns; /* 0: the usual */
  bourse__journal *journal; /* of its account; NULL: it cannot send orders */
  bourse__timer resolver;
  bourse__running *resolving; /* started by the resolver */
  bourse__link *links;
  int32_t read_only;
  int32_t allow_raw_orders;
  const char *const *allowed_symbols;
  uint32_t allowed_symbol_count;
  uint32_t max_open_orders;
  bourse_decimal max_order_notional;
  bourse_decimal max_notional_per_minute;
  bourse__rails *rails; /* of its account; NULL: it cannot act */
  struct bourse__dead_man *dead_man; /* emulated; NULL: none */
  struct bourse__tokens *tokens;   /* kept ones; NULL: none */
  struct bourse__registered *registered; /* of its adapter; NULL: compiled in */
};

typedef struct bourse__registered {
  struct bourse__registered *next;
  uint32_t holders;       /* the context, and each handle */
  bourse_adapter adapter; /* the host's, as long as this library's */
  bourse_stream_adapter stream;
} bourse__registered;

enum {
  BOURSE__METRIC_REQUESTS,
  BOURSE__METRIC_REPLIES,
  BOURSE__METRIC_RETRIES,
  BOURSE__METRIC_NETWORK_ERRORS,
  BOURSE__METRIC_REFUSALS,
  BOURSE__METRIC_UNKNOWN_OUTCOMES,
  BOURSE__METRIC_LIMIT_WAITS,
  BOURSE__METRIC_CIRCUITS_OPENED,
  BOURSE__METRIC_MARKET_LOADS,
  BOURSE__METRIC_REPLY_BYTES,
  BOURSE__METRIC_QUEUE_LENGTH,
  BOURSE__METRIC_QUEUE_HIGH_WATER,
  BOURSE__METRIC_QUEUE_REFUSED,
  BOURSE__METRIC_SOCKETS_OPENED,
  BOURSE__METRIC_SOCKETS_BROKEN,
  BOURSE__METRIC_MESSAGES,
  BOURSE__METRIC_MESSAGE_BYTES,
  BOURSE__METRIC_UNDECODED,
  BOURSE__METRIC_GAPS,
  BOURSE__METRIC_COUNT
};

struct bourse_context {
  bourse_allocator allocator;
  bourse_clock clock;
  bourse_random random;
  int32_t host_clock;
  int32_t in_run; /* callbacks are being fired */
  bourse__log log;
  bourse__loop *loop;
  bourse__http *http; /* NULL with a host's transport */
  bourse_transport transport;
  uint32_t queue_limit;
  uint32_t open_requests; /* running or queued */
  bourse_market_store market_store;
  bourse_store store; /* all zero: none */
  bourse__journal *journals;
  bourse_limiter_hook limiter_hook;
  void (*on_wire)(void *user_data, const bourse_wire_record *record);
  void *on_wire_user_data;
  bourse__registered *registered;
  bourse_exchange *exchanges;
  bourse__markets_slot *market_slots;
  bourse__limits *limits;
  bourse__rails *rails;           /* of all accounts */
  int32_t halted;                 /* by bourse_halt_all */
  bourse__running *running;       /* under way, newest first */
  bourse__running *finished;      /* done, oldest first: callbacks and queue */
  bourse__running **finished_end;
  bourse_stream *streams;
  bourse_exchange *closing;       /* handles closed inside a callback */
  int32_t dispatching;            /* a stream's callback may be running: nothing is freed */
  int32_t streams_dirty;          /* something is marked dead */
  int32_t running_loop;           /* inside bourse_run: stream callbacks may be fired */
  int32_t last_link;
  void (*on_socket)(void *user_data, const bourse_socket_record *record);
  void *on_socket_user_data;
  uint64_t last_ticket;
  uint32_t completed; /* requests completed since bourse_run began */
  bourse__failure failure;
  int64_t metrics[BOURSE__METRIC_COUNT];
};

const bourse_adapter *bourse__find_adapter(const bourse_context *context, const char *name);
const bourse_adapter *bourse__builtin_adapter_at(uint32_t index);
/* Keeps an adapter that the host registered beyond its context; NULL for one that is compiled in. And lets go; NULL is fine. */
bourse__registered *bourse__hold_adapter(const bourse_context *context, const bourse_adapter *adapter);
void bourse__drop_adapter(const bourse_allocator *allocator, bourse__registered *registered);

/* --- Running operations -------------------------------------------------------------------------------------------- */

struct bourse_exchange_token {
  bourse__running *running;
};

struct bourse__running {
  bourse_call call; /* the adapter's view */
  bourse_context *context;
  bourse_exchange *exchange; /* NULL once closed */
  const bourse_operation_info *info;
  bourse_request request; /* deep copy in the result's arena */
  bourse_result *result;
  bourse__failure failure;
  bourse__running *next;
  bourse__running *previous;
  bourse__running *waiting_for; /* an operation of our own that must end first */
  bourse__running *waiters;     /* those that wait for this one */
  bourse__running *next_waiter;
  bourse__timer deadline;
  bourse__timer delay; /* rate budget or backoff */
  bourse_exchange_token token;
  uint64_t ticket;
  int64_t deadline_monotonic_ns;
  int64_t last_sent_utc_ns;
  const char *last_url;
  bourse__cost costs[BOURSE_COSTS_MAX];
  uint32_t cost_count;
  uint32_t attempt;
  uint32_t page_start; /* records before this page */
  uint32_t pages;      /* asked for by tokens of the exchange */
  const char *page_token; /* of the next of them; NULL: the caller's cursor */
  uint32_t step_start; /* records before the request under way, which stay when it is repeated */
  int32_t state; /* RUNNING_* of running.c */
  int32_t in_flight;
  int32_t refreshed;   /* the market table was loaded again for a symbol it lacked */
  int32_t acted_before; /* sent_acting before the request under way */
  int32_t sent_acting; /* a request that changes something has been handed to the transport */
  int32_t finished;
  int32_t blocking;
  int32_t internal;  /* started by the library itself */
  int32_t quiet;     /* an internal one whose failing is no news */
  int32_t resynced;  /* the clock was measured again because of a refusal */
  int32_t with_token; /* that says from when until when it holds */
  int32_t in_advance;
  const bourse_endpoint *forced; /* bourse__decode_as */
  struct bourse__entry **intents; /* entries of the journal that it is about; NULL: not begun */
  uint32_t intent_count;
  int32_t event_kind;       /* BOURSE_EVENT_*; 0: of a result */
  int32_t made_id;          /* its client order ids are the library's: nobody else can have used them */
  const char *replaces;     /* client order id of the order whose place this one takes */
  struct bourse__replacing *replacing; /* an edit that cancels and makes another: its state */
  struct bourse__composed *composed; /* made out of other operations: its state */
  /* Internal ones of streams: told when it is done, before it is freed. */
  void (*done)(bourse__running *running, int32_t code);
  void *owner;
  bourse__link *link;            /* in flight over this socket */
  bourse__running *next_on_link;
  bourse_endpoint raw;           /* of call_raw */
  struct bourse__sweep *sweep;     /* cancel_every_order */
  struct bourse__measure *measure; /* how far the rails have measured it; NULL: not begun */
};

/* Makes a running operation from a checked request; on failure the context's error is set. */
int32_t bourse__running_new(bourse__running **out, bourse_exchange *exchange, const bourse_request *request,
                            int32_t internal, bourse__failure *failure);
/* Takes it as far as it goes without waiting. */
void bourse__running_advance(bourse__running *running);
/* Ends it with what its failure says (code 0: success) and hands it to whoever waits. */
void bourse__running_finish(bourse__running *running, int32_t code);
/* Puts a finished one behind the others. */
void bourse__queue_finished(bourse__running *running);
/* Forgets a failure, but not whose it would be. */
void bourse__running_forgive(bourse__running *running);
/* Ends it without telling anybody. */
void bourse__running_drop(bourse__running *running);
/* What the transport brought. */
void bourse__running_reply(bourse__running *running, const bourse_http_reply *reply);
/* Judges a reply: BOURSE_OK, BOURSE_CONTINUE or the code of running->failure. */
int32_t bourse__running_judge(bourse__running *running, const bourse_http_reply *reply);
/* Starts or joins the loading of the tables it needs. 1: ready; 0: waits; negative: failed. */
int32_t bourse__running_tables(bourse__running *running);
/* Finds markets and checks orders, once tables are there. */
int32_t bourse__running_resolve(bourse__running *running);
/* route and build of the present step. */
int32_t bourse__running_build(bourse__running *running);
/* Strictly increasing per key. */
uint64_t bourse__next_nonce(bourse__running *running);
/* Signs and hands to the transport. */
int32_t bourse__running_send(bourse__running *running);
/* Lets `running` wait for `dependency`. */
void bourse__running_wait(bourse__running *running, bourse__running *dependency);
/* Puts '*' over every place of a secret in a text. */
void bourse__blot(char *text, size_t length, const char *secret, size_t secret_length);
/* Tells the host's hook what went over the wire, redacted. */
void bourse__tell_wire(bourse__running *running, const char *url, const bourse_http_reply *reply);

/* Kept tokens: all are dropped; and the handle ends. */
void bourse__tokens_forget(bourse_exchange *exchange);
void bourse__tokens_free(bourse_exchange *exchange);

/* --- Checks -------------------------------------------------------------------------------------------------------- */

/* Checks a request against the table of operations and this handle's options, before anything is started. */
int32_t bourse__check_request(const bourse_exchange *exchange, const bourse_operation_info *info,
                              const bourse_request *request, bourse__failure *failure);
/* Checks what an order's own members say together; then against its market. `edit`: only what is given is checked. */
int32_t bourse__check_order_form(const bourse_order_request *order, int32_t edit, bourse__failure *failure);
int32_t bourse__check_order(const bourse_market *market, const bourse_order_request *order, bourse__failure *failure);
/* Whether valid UTF-8 without control characters. */
int32_t bourse__is_clean_text(const char *text, size_t length);

/* Deep copy of a checked request into an arena; orders are copied too and get client ids. *made_ids: all of them are new. */
int32_t bourse__copy_request(bourse_request *out, const bourse_request *request, const bourse_operation_info *info,
                             bourse_exchange *exchange, bourse_arena *arena, int32_t *made_ids, bourse__failure *failure);
/* Makes a client order id as the adapter allows. */
int32_t bourse__make_client_id(bourse_exchange *exchange, char *out, size_t out_size);

/* --- Paging -------------------------------------------------------------------------------------------------------- */

/* After a page was parsed: BOURSE_CONTINUE when another is wanted (since, until and limit of the call are set for it). */
int32_t bourse__page_next(bourse__running *running);
/* Puts records in order of time and cuts them to the limit. */
void bourse__page_finish(bourse__running *running);

/* --- Records as JSON ----------------------------------------------------------------------------------------------- */

void bourse__record_write(bourse_text *text, const bourse_struct_info *info, const void *record);
/* Only what is there. */
void bourse__record_write_given(bourse_text *text, const bourse_struct_info *info, const void *record);
/* 1 when the member at `at` is absent, 0 or NULL. */
int32_t bourse__member_is_open(const bourse_member_info *member, const char *at);
/* Reads an object with the members of `info` into `record`; strings go to the arena. */
int32_t bourse__record_read(bourse_json *json, const bourse_struct_info *info, void *record, bourse_arena *arena);

#endif
