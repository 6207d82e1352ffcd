/* bourse/sys/adapter.h - what an exchange is to the library: tables and small functions. Second tier: may change until
 * 1.0. The exchanges in lib/exchange/ and a host's own (bourse_register) are written against this same header.
 *
 * An adapter translates and does nothing else: it never opens a socket, reads a clock, sleeps, logs or calls malloc. It is
 * a const struct of tables and functions over plain state. The life of one operation:
 *
 *     route(call)            which endpoint serves it now
 *     endpoint->build(call)  bourse_put(...) its parameters
 *       (the library adds the caller's own params, waits for the rate budget, reads the clock)
 *     sign(call)             parameters -> query, body, headers, signature
 *       (the transport sends; the reply comes)
 *     error(call, reply)     when the status is 4xx or 5xx: the exchange's code -> ours
 *     endpoint->parse(call, reply)  JSON -> records (bourse_append); BOURSE_OK, BOURSE_CONTINUE (route is asked again,
 *                            call->step is one higher), or an error set with bourse_fail
 *
 * A local exchange (paper trading) has `execute` instead and does the operation at once.
 */
#ifndef BOURSE_SYS_ADAPTER_H
#define BOURSE_SYS_ADAPTER_H

#include <bourse/exchange.h>
#include <bourse/sys/arena.h>
#include <bourse/sys/decode.h>
#include <bourse/sys/json.h>
#include <bourse/sys/signer.h>
#include <bourse/sys/stream.h>
#include <bourse/sys/text.h>
#include <bourse/sys/transport.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bourse_call bourse_call;
typedef struct bourse_endpoint bourse_endpoint;

/* Where something holds. Margin is its own bit though its markets are spot markets. */
enum {
  BOURSE_FOR_SPOT = 1,
  BOURSE_FOR_CROSS = 2,
  BOURSE_FOR_ISOLATED = 4,
  BOURSE_FOR_MARGIN = 6,
  BOURSE_FOR_LINEAR = 8,
  BOURSE_FOR_INVERSE = 16,
  BOURSE_FOR_FUTURES = 24,
  BOURSE_FOR_OPTION = 32,
  BOURSE_FOR_ALL = 63
};

/* parse, and error, want another round. And error only: this is no failure after all, the records stand. */
enum { BOURSE_CONTINUE = 1, BOURSE_DONE = 2 };

/* One base URL by name and world; NULL: the exchange has none there. */
typedef struct bourse_host {
  const char *name;
  const char *live;
  const char *testnet;
  const char *demo;
} bourse_host;

/* The hosts of one part of the world, row for row as adapter->hosts; chosen by the setting "region". */
typedef struct bourse_region {
  const char *name;
  const bourse_host *hosts;
} bourse_region;

typedef struct bourse_capability {
  int32_t operation;
  uint32_t native;   /* BOURSE_FOR_* */
  uint32_t emulated; /* BOURSE_FOR_* */
} bourse_capability;

/* PER_MARKET: of an account, one for each market (see bourse_wire.market). */
enum { BOURSE_LIMIT_PER_ADDRESS = 0, BOURSE_LIMIT_PER_ACCOUNT = 1, BOURSE_LIMIT_PER_MARKET = 2 };
enum { BOURSE_LIMIT_WINDOW = 0, BOURSE_LIMIT_LEAKY = 1, BOURSE_LIMIT_ROLLING = 2 };

/* A rate budget. */
typedef struct bourse_limit {
  const char *name;
  uint32_t capacity;
  int64_t interval_ns;
  uint8_t scope;            /* BOURSE_LIMIT_PER_* */
  uint8_t kind;             /* BOURSE_LIMIT_WINDOW: counted from clock-aligned windows; _LEAKY: refills steadily; _ROLLING:
                               any interval counts, or it is not known where the exchange's begin */
  uint8_t reserved_percent; /* kept free for cancels and safety calls */
  const char *used_header;  /* reply header (lower case) that tells how much is used; NULL: none */
} bourse_limit;

/* What one request takes from a budget: bucket is an index into adapter->limits. */
typedef struct bourse_cost {
  uint16_t bucket;
  uint16_t weight; /* 0: nothing */
} bourse_cost;

#define BOURSE_COSTS_MAX 3

enum { BOURSE_SECURITY_PUBLIC = 0, BOURSE_SECURITY_KEY = 1, BOURSE_SECURITY_SIGNED = 2 };

enum {
  BOURSE_ENDPOINT_URGENT = 1, /* cancels and safety calls: may use the reserved share of budgets */
  BOURSE_ENDPOINT_ACTS = 2,   /* changes something: never retried, its fate matters. Without it the request is a read */
  BOURSE_ENDPOINT_REPEATABLE = 4, /* changes something, but twice is as good as once (set_leverage, cancel by id) */
  BOURSE_ENDPOINT_IDEMPOTENT = 16, /* sent again with the same client order id it gives the order that stands, for ever: an
                                    * answer that was lost is asked for by sending again */
  BOURSE_ENDPOINT_REPLACES = 32, /* an edit that ends the order and makes another, with a client order id of its own */
  BOURSE_ENDPOINT_BY_LIST = 64, /* a list whose orders are known by its own client order id alone: their records have
                                 * list_id and list_client_id and no client_order_id but the list's, and one whose id is
                                 * list_id tells of all of them. When that one has fired, its reason says which:
                                 * "stop_loss" or "take_profit" */
  BOURSE_ENDPOINT_SOCKET = 8 /* sent as a message over adapter->stream->sockets[host]: sign writes it with bourse_set_body,
                              * naming call->message_id, and bourse_emit_reply brings the answer */
};

/* One request that the exchange knows. */
struct bourse_endpoint {
  int32_t operation;   /* the main operation it serves */
  uint32_t products;   /* BOURSE_FOR_* */
  uint8_t security;    /* BOURSE_SECURITY_* */
  uint8_t host;        /* index into adapter->hosts; with BOURSE_ENDPOINT_SOCKET into stream->sockets */
  uint16_t flags;      /* BOURSE_ENDPOINT_* */
  const char *method;
  const char *path;
  bourse_cost costs[BOURSE_COSTS_MAX];
  int32_t (*build)(bourse_call *call); /* NULL: no parameters */
  int32_t (*parse)(bourse_call *call, const bourse_http_reply *reply);
  uint32_t page_max;   /* most items of one reply; 0: not paged */
  uint32_t variant;    /* the adapter's own, to tell apart what serves one operation */
  int64_t span_max_ns; /* widest time window of one request; 0: any */
};

/* A parameter being sent. */
typedef struct bourse_wire_param {
  const char *name;
  const char *value;
  size_t value_length;
  int32_t json; /* value is JSON text, not a string (matters in JSON bodies only) */
} bourse_wire_param;

/* A request being built. */
typedef struct bourse_wire {
  const char *method;
  const char *path;
  const char *query;  /* encoded, without '?'; NULL: none */
  const char *body;   /* NULL: none */
  size_t body_length;
  int32_t host;       /* index into adapter->hosts */
  uint32_t param_count;
  uint32_t param_capacity;
  uint32_t header_count;
  bourse_wire_param *params;
  bourse_http_header headers[16];
  bourse_cost costs[BOURSE_COSTS_MAX]; /* of the endpoint; build may change them */
  const bourse_market *market; /* whose budgets per market this takes from: the call's; build may change it. NULL: none */
} bourse_wire;

/* One operation under way. Adapters read all of it, and write `scratch`, `memory`, `wire` and what the functions below
 * do. */
struct bourse_call {
  const bourse_adapter *adapter;
  void *state;                         /* the handle's, adapter->state_size bytes */
  const bourse_request *request;       /* checked and copied */
  const bourse_order_request *order;   /* request->orders[0], or NULL; client_order_id is always set in orders */
  const bourse_market *market;         /* of request->symbol or the first order; NULL: none was given */
  const bourse_market *const *markets; /* of request->symbols, or of request->orders */
  uint32_t market_count;
  int32_t operation;
  int32_t product;                     /* of the market, else asked for, else the default; 0 only for "all" */
  int32_t margin_mode;                 /* asked for, else the handle's; only with spot markets or explicitly given */
  const bourse_endpoint *endpoint;     /* that route chose */
  uint32_t step;                       /* 0 for the first request */
  uint32_t limit;                      /* items wanted of this page; 0: the exchange's default */
  int64_t since_ns;                    /* of this page; 0: none */
  int64_t until_ns;
  int64_t scratch[8];                  /* the adapter's own, kept between steps */
  void *memory;
  bourse_arena *arena;                 /* lives as long as the result */
  bourse_wire wire;
  int64_t now_ns;                      /* UTC at the exchange; set when sign is called (and for execute, parse) */
  int64_t receive_window_ms;
  const char *api_key;                 /* "" without credentials */
  bourse_signer *signer;               /* NULL without credentials */
  uint64_t nonce;                      /* strictly increasing per key; set when sign is called */
  int32_t order_transport;             /* BOURSE_TRANSPORT_*: what route should choose where it has both */
  int32_t bounded;                     /* yes: what changes orders is to say until when it may be done (now_ns and the receive
                                        * window), where the exchange takes that: the host keeps a journal */
  int64_t message_id;                  /* of a request over a socket; set when sign is called */
  const char *token;                   /* of the socket the request goes over; "" */
  bourse_result *result;
  struct bourse__running *running;     /* the library's */
};

/* What open sees. */
typedef struct bourse_open_call {
  void *state;
  const bourse_options *options;
  bourse_signer *signer;    /* NULL without credentials */
  const char *api_key;
  const bourse_allocator *allocator; /* for local exchanges, whose state grows; release in close */
  const bourse_clock *clock;
  const bourse_random *random;
  char *error_text;         /* room for a sentence */
  size_t error_text_size;
} bourse_open_call;

enum { BOURSE_SECRET_TEXT = 0, BOURSE_SECRET_BASE64 = 1, BOURSE_SECRET_ED25519_BASE64 = 2 };
enum { BOURSE_CLIENT_ID_TEXT = 0, BOURSE_CLIENT_ID_UUID = 1 };

/* 1 for settings that every exchange has, which the library reads: open passes them over. */
BOURSE_API int32_t bourse_is_common_setting(const char *name);
/* For open: hands each other setting to `read` (1: it is one, and was taken), and fails where it is none; `known` names those
 * that there are. */
typedef int32_t (*bourse_setting_function)(void *state, const bourse_param *setting);
BOURSE_API int32_t bourse_read_settings(bourse_open_call *call, bourse_setting_function read, const char *known);
/* For open: fails for a key of another kind than these, bits 1 << BOURSE_KEY_*; `wanted` says which are. */
BOURSE_API int32_t bourse_need_key(bourse_open_call *call, uint32_t kinds, const char *wanted);

struct bourse_adapter {
  uint32_t struct_size;
  uint32_t api_version;
  const char *name;  /* "binance" */
  const char *title; /* "Binance" */
  const bourse_host *hosts;
  const bourse_capability *capabilities;
  const bourse_endpoint *endpoints;
  const bourse_limit *limits;
  uint32_t host_count;
  uint32_t capability_count;
  uint32_t endpoint_count;
  uint32_t limit_count;
  uint32_t products;           /* BOURSE_FOR_*: whose markets it lists */
  uint32_t state_size;
  int32_t secret_encoding;     /* BOURSE_SECRET_* */
  int32_t needs_passphrase;
  int32_t client_id_format;    /* BOURSE_CLIENT_ID_* */
  uint32_t client_id_max;      /* length of a client order id */
  const char *client_id_extra; /* characters allowed besides A-Z a-z 0-9, e.g. "-_" */
  int32_t timeless;            /* yes: signed requests carry no time, so the clock need not be known */
  /* Reads settings, sets up state. NULL: nothing to do. Errors: BOURSE_ERROR_CREDENTIALS, _ARGUMENT with error_text. */
  int32_t (*open)(bourse_open_call *call);
  void (*close)(void *state, const bourse_allocator *allocator);
  /* The endpoint for this step; NULL after bourse_fail. */
  const bourse_endpoint *(*route)(bourse_call *call);
  int32_t (*sign)(bourse_call *call);
  /* Sets the error that the reply tells (bourse_fail_exchange) and returns its code; 0: not recognised, the library goes by
   * the HTTP status. BOURSE_DONE or BOURSE_CONTINUE, with no error set: the refusal was that of one item, which a record
   * tells, or means that all is as wanted. */
  int32_t (*error)(bourse_call *call, const bourse_http_reply *reply);
  /* Local exchanges only. */
  int32_t (*execute)(bourse_call *call);
  const bourse_stream_adapter *stream; /* NULL: none */
  uint32_t together;                   /* BOURSE_FOR_*: products whose markets one request may name side by side */
  uint32_t replaces;                   /* BOURSE_FOR_*: products whose orders cannot be changed: edit_order cancels, and makes
                                        * another when the old one is proven gone */
  int32_t nonces;                      /* yes: requests are signed with call->nonce, which must rise over restarts too */
  int32_t forgets_conditional;         /* yes: of conditional orders that ended before they were triggered nothing is told any
                                        * more (those of lists excepted), so one that is nowhere may have stood */
  int64_t not_found_grace_ms;          /* an order is not there only when the exchange says so that long after its request can
                                        * have been on its way; 0: 10000 */
  const bourse_region *regions;        /* the first is the default, with adapter->hosts; NULL: there is but one */
  uint32_t region_count;
  int32_t conditional_apart; /* yes: conditional orders of spot, and icebergs, are kept by a service of their own too, so that
                              * one that was lost is asked for with trigger; conditional ones of futures always are */
};

/* --- Building --- All copy what they are given; failure of memory sticks and ends the call. */
BOURSE_API void bourse_put(bourse_call *call, const char *name, const char *value); /* NULL value: nothing */
BOURSE_API void bourse_put_bytes(bourse_call *call, const char *name, const char *value, size_t length);
BOURSE_API void bourse_put_decimal(bourse_call *call, const char *name, const bourse_decimal *value); /* absent: nothing */
BOURSE_API void bourse_put_int(bourse_call *call, const char *name, int64_t value);
BOURSE_API void bourse_put_uint(bourse_call *call, const char *name, uint32_t value); /* 0: nothing */
BOURSE_API void bourse_put_ms(bourse_call *call, const char *name, int64_t time_ns);  /* 0: nothing */
BOURSE_API void bourse_put_json(bourse_call *call, const char *name, const char *json);
/* The value of a parameter put before, or NULL. */
BOURSE_API const char *bourse_get_param(const bourse_call *call, const char *name);
/* The value of a parameter that the caller gave by the exchange's own name (`params`), or NULL. */
BOURSE_API const char *bourse_own_param(const bourse_request *request, const char *name);
BOURSE_API void bourse_put_header(bourse_call *call, const char *name, const char *value);

/* All parameters as name=value&name=value, percent-encoded, appended to `text`. */
BOURSE_API void bourse_encode_params(bourse_call *call, bourse_text *text);
/* All parameters as one JSON object. */
BOURSE_API void bourse_encode_json(bourse_call *call, bourse_text *text);
/* Take finished text as the query or body (content_type NULL: no header). */
BOURSE_API int32_t bourse_set_query(bourse_call *call, bourse_text *text);
BOURSE_API int32_t bourse_set_body(bourse_call *call, bourse_text *text, const char *content_type);

/* First endpoint of `operation` that serves one of `products` and has this variant; NULL when there is none. */
BOURSE_API const bourse_endpoint *bourse_find_endpoint(const bourse_adapter *adapter, int32_t operation, uint32_t products,
                                                       uint32_t variant);
/* BOURSE_FOR_* bit of the call's product and margin mode. */
BOURSE_API uint32_t bourse_call_for(const bourse_call *call);

/* The market of the request; NULL after failing because it is missing. */
BOURSE_API const bourse_market *bourse_need_market(bourse_call *call);
/* Fails for an argument that this product or endpoint does not have; returns the code. */
BOURSE_API int32_t bourse_unsupported(bourse_call *call, const char *field, const char *why);
/* Weight of this request in the first of its budgets, where it depends on the parameters. */
BOURSE_API void bourse_set_weight(bourse_call *call, uint32_t weight);
/* 1 when the request names no markets, or this one. */
BOURSE_API int32_t bourse_is_wanted(const bourse_call *call, const char *market_id);
/* 1 for linear and inverse. */
BOURSE_API int32_t bourse_is_futures(const bourse_call *call);
/* "true" for yes, "false" otherwise. */
BOURSE_API const char *bourse_bool_text(int32_t value);

/* Takes the parameters as their request carries them: the query of GET and DELETE, else a JSON body. Without parameters
 * there is neither. Signatures over the whole request read them from call->wire then. */
BOURSE_API int32_t bourse_set_payload(bourse_call *call);
/* Appends the path and, where there is a query, '?' and the query: what many signatures cover. */
BOURSE_API void bourse_append_target(const bourse_call *call, bourse_text *text);
/* Signs the text (BOURSE_SIGN_*) with the call's key: the signature in the arena, or NULL after failing. */
enum { BOURSE_HEX = 0, BOURSE_BASE64 = 1 };
BOURSE_API const char *bourse_signature(bourse_call *call, int32_t scheme, const bourse_text *payload, int32_t encoding);
/* Appends the host (and port) of this request's URL and the path that its base has: "api.example.com". */
BOURSE_API void bourse_append_host(const bourse_call *call, bourse_text *text);
/* A token (RFC 7519) signed with the call's key, ES256 or EdDSA as that is: header alg, typ, kid (the API key) and a random
 * nonce; claims sub (the API key), iss, nbf (now), exp and uri (NULL: none). One that has a uri is kept and given again for the
 * same until a quarter of its life is left, or the exchange refuses one. In memory that lasts until the request is sent; NULL
 * after failing. */
BOURSE_API const char *bourse_jwt(bourse_call *call, const char *issuer, const char *uri, int64_t life_s);
/* Replaces the {...} of the endpoint's path by these, percent-encoded; NULL: nothing. */
BOURSE_API int32_t bourse_set_path(bourse_call *call, const char *first, const char *second, const char *third);
/* since, until (milliseconds) and limit of this page under these names; NULL: not sent. */
BOURSE_API void bourse_put_range(bourse_call *call, const char *since, const char *until, const char *limit);
/* Appends the parameters put since there were `mark` of them as a JSON object, and takes them back: an item of a list. */
BOURSE_API void bourse_fold_params(bourse_call *call, bourse_text *text, uint32_t mark);
/* Puts finished text, of JSON. */
BOURSE_API int32_t bourse_put_text(bourse_call *call, const char *name, bourse_text *text);

/* --- Tables --- What is looked up in tables of one form; BOURSE_ROWS(table) is a table and its length. */
#define BOURSE_ROWS(table_) table_, sizeof(table_) / sizeof((table_)[0])

/* Our code for a code of theirs; 0: it is not in the table. */
typedef struct bourse_error_row {
  const char *code;
  int32_t error;
} bourse_error_row;
BOURSE_API int32_t bourse_error_of(const bourse_error_row *rows, size_t count, bourse_slice code);
/* Where one code means several things which its text tells apart: the first row whose code (NULL: any) it is and whose text
 * (case aside) the message contains. */
typedef struct bourse_error_hint {
  const char *code;
  const char *text;
  int32_t error;
} bourse_error_hint;
BOURSE_API int32_t bourse_error_by_text(const bourse_error_hint *rows, size_t count, bourse_slice code,
                                        bourse_slice message);

/* What the exchange calls something that has another name among exchanges: networks, currencies, kinds of bookings. Both
 * ways give the text itself (or NULL) when it is in no row; the first row that has it counts. */
typedef struct bourse_word {
  const char *name;
  const char *native;
} bourse_word;
BOURSE_API const char *bourse_word_name(const bourse_word *rows, size_t count, const char *native);
BOURSE_API const char *bourse_word_native(const bourse_word *rows, size_t count, const char *name);

/* Names for the sides of orders, for BOURSE_FIELD_ENUM: static const bourse_name sides[] = BOURSE_SIDE_NAMES("buy", "sell"); */
#define BOURSE_SIDE_NAMES(buy_, sell_) \
  { {buy_, BOURSE_SIDE_BUY}, {sell_, BOURSE_SIDE_SELL}, {NULL, 0} }

/* Lengths of candles; of months the longest. */
typedef struct bourse_interval {
  const char *timeframe;
  const char *native; /* NULL: the same */
  int64_t length_ns;
} bourse_interval;
/* NULL when there is none of this name. */
BOURSE_API const bourse_interval *bourse_interval_of(const bourse_interval *table, size_t count, const char *timeframe);
/* That of the request's timeframe; NULL after failing, where all that there are are named. The same of any timeframe, and
 * of a watch. */
BOURSE_API const bourse_interval *bourse_find_interval(bourse_call *call, const bourse_interval *table, size_t count);
BOURSE_API const bourse_interval *bourse_named_interval(bourse_call *call, const bourse_interval *table, size_t count,
                                                        const char *timeframe);
/* Tells when a candle of the request's timeframe, which begins at its time_ns, ends (a millisecond before the next), and
 * whether it did. */
BOURSE_API void bourse_end_candle(const bourse_call *call, bourse_candle *candle, const bourse_interval *table, size_t count);
BOURSE_API const bourse_interval *bourse_watch_interval(bourse_watch_call *call, const bourse_interval *table, size_t count);

/* Operations that another's endpoints serve. The operation itself when it is in no row. */
typedef struct bourse_alias {
  int32_t operation;
  int32_t served_by;
} bourse_alias;
BOURSE_API int32_t bourse_alias_of(const bourse_alias *rows, size_t count, int32_t operation);

/* What an order asks for: whether it waits for a trigger; trails; brings stop loss or take profit along; fires on gain (a take
 * profit, or a trigger on that side of the price); and its trigger price, or the activation price of a trailing one, or
 * NULL. */
BOURSE_API int32_t bourse_order_is_conditional(const bourse_order_request *order);
BOURSE_API int32_t bourse_order_is_trailing(const bourse_order_request *order);
BOURSE_API int32_t bourse_order_has_attached(const bourse_order_request *order);
BOURSE_API int32_t bourse_order_takes_profit(const bourse_order_request *order);
BOURSE_API const bourse_decimal *bourse_order_trigger(const bourse_order_request *order);

/* --- Sizes in contracts --- of linear and option markets, where a contract is contract_size base units. All are exact. */
/* The contracts that `amount` of base units is; fails naming `field` where they are none, or do not make it up exactly. */
BOURSE_API int32_t bourse_to_contracts(bourse_call *call, const bourse_market *market, const char *field,
                                       const bourse_decimal *amount, bourse_decimal *out);
/* What an order asks for, in contracts; absent where it asks for neither amount nor contracts. */
BOURSE_API int32_t bourse_order_contracts(bourse_call *call, const bourse_market *market, const bourse_order_request *order,
                                          bourse_decimal *out);
/* The base units that contracts are; left alone where that is not to be told (inverse markets, an unknown market). */
BOURSE_API void bourse_from_contracts(const bourse_market *market, const bourse_decimal *contracts, bourse_decimal *amount);

/* --- Several orders in one operation: create_orders, edit_orders, cancel_orders ---
 *
 * route says which items the next request is about: scratch[0] is the first, scratch[1] their number. */
BOURSE_API uint32_t bourse_item_count(const bourse_call *call);
/* Order id at `index` of cancel_orders and edit_orders, or NULL. */
BOURSE_API const char *bourse_item_id(const bourse_call *call, uint32_t index);
/* Client order id at `index` of them, or NULL. */
BOURSE_API const char *bourse_item_client_id(const bourse_call *call, uint32_t index);
/* How many items the next request is about: from scratch[0] on at most `most`, ending before the first that does not go
 * together with it (NULL: all do). Sets scratch[1]. */
typedef int32_t (*bourse_together_function)(const bourse_call *call, uint32_t a, uint32_t b);
BOURSE_API uint32_t bourse_plan_items(bourse_call *call, uint32_t most, bourse_together_function together);
/* 1 when this request is about some of several items, whose refusal is theirs alone. */
BOURSE_API int32_t bourse_is_item(const bourse_call *call);
/* After a request: BOURSE_CONTINUE while items are left. */
BOURSE_API int32_t bourse_next_items(bourse_call *call);
/* 1 for refusals that concern one item and leave hope for the next. */
BOURSE_API int32_t bourse_is_items_own(int32_t code);
/* Tells in a record what became of the item at `index`: refused, or never sent. */
BOURSE_API int32_t bourse_item_failed(bourse_call *call, uint32_t index, int32_t code, int32_t outcome,
                                      bourse_slice exchange_code, bourse_slice message);
/* The same for all items of this request; where nothing more will be taken now, for the rest too. What `error` returns
 * then: BOURSE_CONTINUE, BOURSE_DONE, or a failure. */
BOURSE_API int32_t bourse_fail_items(bourse_call *call, int32_t code, int32_t outcome, bourse_slice exchange_code,
                                     bourse_slice message);

/* --- Records out of what was asked for, where replies tell little more than an id --- */
/* All of an order's request that its record has too, with the ids of its market (NULL: none): placed, natively. */
BOURSE_API void bourse_set_asked(bourse_order *record, const bourse_market *market, const bourse_order_request *order);
/* A new record of the order that edit_order names, with what was changed. NULL when memory is out, here and below. */
BOURSE_API bourse_order *bourse_append_amended(bourse_call *call);
/* What transfer asked for, done now. */
BOURSE_API void bourse_set_transfer(bourse_transfer *transfer, const bourse_call *call);
/* A new record of what withdraw asked for, on its way, but for the amount: that is what arrives, where the exchange says so. */
BOURSE_API bourse_transaction *bourse_append_withdrawal(bourse_call *call, const char *id);
/* A new book of the call's market, cut at the depth that was asked for. */
BOURSE_API bourse_order_book *bourse_append_book(bourse_call *call, const bourse_level_list *bids, const bourse_level_list *asks);
/* 1 for a time within since and until of the request. */
BOURSE_API int32_t bourse_in_range(const bourse_call *call, int64_t time_ns);
/* Fails an edit of what an open order keeps, and one that changes nothing. Amount, price and trigger can be changed, and what
 * these say. */
enum { BOURSE_EDIT_VISIBLE = 1, BOURSE_EDIT_POST_ONLY = 2 };
BOURSE_API int32_t bourse_check_edit(bourse_call *call, const bourse_order_request *order, uint32_t more);
/* Fails a market order with any time in force but immediate-or-cancel, which it is. */
BOURSE_API int32_t bourse_check_market_time(bourse_call *call, const bourse_order_request *order);
/* The two orders of an OCO: the one that stops losses, and the one that gains (by a limit, or a take profit). Fails what is no
 * pair of one market, side and size. */
BOURSE_API int32_t bourse_check_pair(bourse_call *call, const bourse_order_request **stop, const bourse_order_request **gain);
/* Fails because the reply lacks the id (called `field` there) of the order that was placed. */
BOURSE_API int32_t bourse_no_order_id(bourse_call *call, const char *field);
/* The step that this many digits behind the point make: 2 is 0.01, -2 is 100. Left alone when that is out of range. */
BOURSE_API void bourse_set_step(bourse_decimal *step, int64_t decimals);
/* Fails an order of hedge mode that is to reduce a position and is on the side that opens it. */
BOURSE_API int32_t bourse_check_hedge(bourse_call *call, const bourse_order_request *order);
/* close_position found none. */
BOURSE_API int32_t bourse_no_position(bourse_call *call);

/* --- Replies in an envelope: {"code": "0", "msg": "", "data": ...} --- */
typedef struct bourse_envelope {
  const char *code;    /* names of its members */
  const char *ok;      /* the code that means success; numbers compare by their text */
  const char *message; /* NULL: there is none */
  const char *data;
} bourse_envelope;
/* Sets the error that a refusal means; what adapter->error returns. data: its bytes, or empty. */
typedef int32_t (*bourse_refused_function)(bourse_call *call, bourse_slice code, bourse_slice message, bourse_slice data);
/* Takes the data out as a reply of its own ("null" where there is none). A refusal, and a reply that is not of this form,
 * fail the call; what `refused` returns is returned. */
BOURSE_API int32_t bourse_unwrap(bourse_call *call, const bourse_http_reply *reply, const bourse_envelope *shape,
                                 bourse_refused_function refused, bourse_http_reply *inner);
/* For adapter->error: 0 when the reply is not of this form, or does not tell of an error. */
BOURSE_API int32_t bourse_unwrap_error(bourse_call *call, const bourse_http_reply *reply, const bourse_envelope *shape,
                                       bourse_refused_function refused);
/* The exchange refused: fails the call or, where it refused one of several items, tells that in a record. together: the
 * request is about several items, so a refusal of the first one concerns all that is left. What `error` returns. */
BOURSE_API int32_t bourse_refuse(bourse_call *call, int32_t code, bourse_slice exchange_code, bourse_slice message,
                                 int32_t together);
/* What became of an item that was answered with this code: BOURSE_OUTCOME_*. */
BOURSE_API int32_t bourse_refusal_outcome(int32_t code);

/* --- Pages --- In operations whose endpoints have page_max 0. (Pages by time are the library's own.) */
typedef struct bourse_page {
  const char *token; /* of the next page; NULL or "": there is none */
  uint32_t rows;     /* of this one, those too that nobody wanted */
} bourse_page;
/* How many items to ask for: those still missing of the caller's limit, at most `most`; 0 without a limit. */
BOURSE_API uint32_t bourse_page_size(const bourse_call *call, uint32_t most);
/* The token this request begins with: that of the page before, or the caller's cursor; NULL: from the beginning. */
BOURSE_API const char *bourse_page_token(const bourse_call *call);
/* After a page: BOURSE_CONTINUE while the caller's limit wants more, else the token becomes the caller's cursor. In lists that
 * begin with the newest, what was since a time lies at their end, so they are read whole then. */
enum { BOURSE_OLDEST_FIRST = 0, BOURSE_NEWEST_FIRST = 1 };
BOURSE_API int32_t bourse_next_page(bourse_call *call, const bourse_page *page, int32_t order);
/* Another list is read from its beginning. */
BOURSE_API void bourse_restart_pages(bourse_call *call);
/* The same for who looks for something in a list: BOURSE_CONTINUE while there are pages. */
BOURSE_API int32_t bourse_look_on(bourse_call *call, const bourse_page *page);
/* Numbered pages, for callers who turn them: the number that the cursor tells, 0 when there is no cursor, -1 after failing
 * because it is no number; and the number as the caller's next cursor. */
BOURSE_API int64_t bourse_page_number(bourse_call *call);
BOURSE_API int32_t bourse_set_page_number(bourse_call *call, int64_t number);

/* --- Parsing --- */
/* A new receipt: done natively, now. NULL when memory is out. */
BOURSE_API bourse_receipt *bourse_append_receipt(bourse_call *call);
/* A new zeroed record of the result (valid until the next append), or NULL when memory is out (the failure is set).
 * `kind` must be the operation's. */
BOURSE_API void *bourse_append(bourse_call *call, int32_t kind);
/* Records appended so far, and one of them. */
BOURSE_API uint32_t bourse_appended(const bourse_call *call);
BOURSE_API void *bourse_appended_at(bourse_call *call, uint32_t index);
/* Drops the records from `count` on. */
BOURSE_API void bourse_truncate(bourse_call *call, uint32_t count);
/* Starts a decoder over the reply; and ends it: the decoder's error becomes the call's, BOURSE_OK otherwise. */
BOURSE_API void bourse_decode_reply(bourse_call *call, bourse_decoder *decoder, const bourse_http_reply *reply);
BOURSE_API int32_t bourse_decode_end(bourse_call *call, bourse_decoder *decoder);
/* Market by the exchange's id in the table of `product`; NULL when not listed. The result keeps the table alive. */
BOURSE_API const bourse_market *bourse_market_by_id(bourse_call *call, int32_t product, bourse_slice id);
/* Reads one object of a reply; returns BOURSE_OK, or another code to stop. */
typedef int32_t (*bourse_row_function)(bourse_call *call, bourse_decoder *decoder);
/* 1 when the reply is an array. */
BOURSE_API int32_t bourse_is_array(const bourse_http_reply *reply);
/* Reads the whole reply: as one object into `out`; as an array of rows, or a single row. */
BOURSE_API int32_t bourse_read_object(bourse_call *call, const bourse_http_reply *reply, const bourse_table *table, void *out);
BOURSE_API int32_t bourse_read_rows(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row);
/* Reads a reply that is {"name": [rows]}, and the token of its next page (token NULL: there is none). */
BOURSE_API int32_t bourse_read_page(bourse_call *call, const bourse_http_reply *reply, const char *name, const char *token,
                                    bourse_row_function row, bourse_page *page);
/* Reads the array that comes next. */
BOURSE_API int32_t bourse_read_array(bourse_call *call, bourse_decoder *decoder, const char *name, bourse_row_function row);
/* Reads the object that comes next, whose keys are ids: one member after the other. */
typedef int32_t (*bourse_entry_function)(bourse_call *call, bourse_decoder *decoder, bourse_slice key);
BOURSE_API int32_t bourse_read_map(bourse_call *call, bourse_decoder *decoder, const char *name,
                                   bourse_entry_function entry);
/* Ends reading by these: `code` is what they returned. A failure is the decoder's or the call's; the latter stands. */
BOURSE_API int32_t bourse_read_end(bourse_call *call, bourse_decoder *decoder, int32_t code);
/* Fails the call when nothing was appended though what it asked for always is something (a ticker, a fee). */
BOURSE_API int32_t bourse_read_found(bourse_call *call);
/* Fails the decoder when a value that goes by several names was there by none. */
BOURSE_API int32_t bourse_decode_need(bourse_decoder *decoder, int32_t present, const char *name);
/* More than the elements of the array that follows: room for them, and for one that is cut off. */
BOURSE_API uint32_t bourse_decode_count(const bourse_decoder *decoder);
/* Text of a string or number, escapes resolved, in the arena or the input: what custom fields read ids with. */
BOURSE_API int32_t bourse_decode_text(bourse_decoder *decoder, bourse_slice *out);
/* Custom fields of decoders that bourse_decode_reply started. A market's id in the table of the call's product, or of
 * spot: the member is a pair of strings, unified symbol and the exchange's id, as in all records. */
BOURSE_API int32_t bourse_decode_market(bourse_decoder *decoder, void *member);
BOURSE_API int32_t bourse_decode_spot_market(bourse_decoder *decoder, void *member);
/* [[price, amount, ...], ...] into a bourse_level_list. */
BOURSE_API int32_t bourse_decode_level_list(bourse_decoder *decoder, void *member);
/* A time where 0, what is less, and "" mean "none": in milliseconds, in seconds. */
BOURSE_API int32_t bourse_decode_time_ms(bourse_decoder *decoder, void *member);
BOURSE_API int32_t bourse_decode_time_s(bourse_decoder *decoder, void *member);
/* A decimal where zero means "none": the member stays absent. */
BOURSE_API int32_t bourse_decode_nonzero(bourse_decoder *decoder, void *member);
/* Cursor for the caller's next page. */
BOURSE_API void bourse_set_cursor(bourse_call *call, const char *cursor);
/* A budget as the exchange states it. */
BOURSE_API void bourse_learn_limit(bourse_call *call, uint32_t bucket, uint32_t capacity, int64_t interval_ns);

/* --- Failing --- All return the code. */
/* field: the argument at fault or NULL. message: printf. */
BOURSE_API int32_t bourse_fail(bourse_call *call, int32_t code, const char *field, const char *message, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 4, 5)))
#endif
    ;
/* There is no memory. */
BOURSE_API int32_t bourse_fail_memory(bourse_call *call);
/* What the exchange said. */
BOURSE_API int32_t bourse_fail_exchange(bourse_call *call, int32_t code, bourse_slice exchange_code,
                                        bourse_slice exchange_message);
BOURSE_API void bourse_set_retry_after(bourse_call *call, int64_t retry_after_ms);
/* BOURSE_OUTCOME_* where it does not follow from the code. */
BOURSE_API void bourse_set_outcome(bourse_call *call, int32_t outcome);
/* A refusal that means "done already": forgets the failure and makes the result a receipt with unchanged = yes. */
BOURSE_API int32_t bourse_accept_unchanged(bourse_call *call);

#ifdef __cplusplus
}
#endif
#endif
