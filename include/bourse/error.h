/* bourse/error.h - error codes in bands, and the detail that comes with them. Codes are never renumbered. */
#ifndef BOURSE_ERROR_H
#define BOURSE_ERROR_H

#include <bourse/base.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  BOURSE_OK = 0
};

/* -100: the caller asked for something that cannot be. Nothing was sent. */
enum {
  BOURSE_ERROR_ARGUMENT = -100, /* an argument is missing, malformed or out of range; `field` names it */
  BOURSE_ERROR_STRUCT = -101, /* struct_size or api_version wrong, or unknown members set */
  BOURSE_ERROR_UNSUPPORTED = -102, /* this exchange or product has no such operation, order type or option */
  BOURSE_ERROR_UNKNOWN_NAME = -103, /* no exchange, operation or field of that name */
  BOURSE_ERROR_UNKNOWN_SYMBOL = -104, /* the exchange lists no such market or currency */
  BOURSE_ERROR_PRECISION = -105, /* more digits than tick or step allow; the message names the nearest allowed */
  BOURSE_ERROR_LIMIT = -106, /* outside the market's minimum, maximum or notional; the message says which */
  BOURSE_ERROR_CREDENTIALS = -107, /* keys missing or of the wrong shape for this exchange */
  BOURSE_ERROR_FORBIDDEN = -108, /* refused by this handle's own options (withdrawals off, environment mismatch) */
  BOURSE_ERROR_OVERFLOW = -109, /* a number does not fit */
  BOURSE_ERROR_ABSENT = -110, /* a number that is not there was used in arithmetic */
  BOURSE_ERROR_STATE = -111, /* not possible now: handle closed, already running, unknown ticket */
  BOURSE_ERROR_MARKET_INACTIVE = -112 /* the market is listed but not trading */
};

/* -200: this machine. Nothing was sent unless `outcome` says otherwise. */
enum {
  BOURSE_ERROR_MEMORY = -200,
  BOURSE_ERROR_CANCELED = -201, /* the caller canceled it */
  BOURSE_ERROR_QUEUE_FULL = -202, /* a bounded queue has no room */
  BOURSE_ERROR_IO = -203, /* a file, pipe or store failed */
  BOURSE_ERROR_CRYPTO = -204, /* signing, sealing or unsealing failed */
  BOURSE_ERROR_DEADLINE = -205 /* the deadline passed before anything was sent */
};

/* -300: the network between here and the exchange. */
enum {
  BOURSE_ERROR_NETWORK = -300, /* any other network failure */
  BOURSE_ERROR_RESOLVE = -301, /* host name not found */
  BOURSE_ERROR_CONNECT = -302,
  BOURSE_ERROR_TLS = -303, /* handshake or certificate */
  BOURSE_ERROR_TIMEOUT = -304, /* no complete answer within the deadline */
  BOURSE_ERROR_DISCONNECTED = -305, /* the connection broke before the answer was whole */
  BOURSE_ERROR_PROXY = -306
};

/* -400: the exchange understood and refused. */
enum {
  BOURSE_ERROR_REFUSED = -400, /* any other refusal */
  BOURSE_ERROR_AUTH = -401, /* key unknown, signature wrong */
  BOURSE_ERROR_PERMISSION = -402, /* key valid, not allowed this: permission, address, account kind */
  BOURSE_ERROR_TIMESTAMP = -403, /* clock or nonce refused */
  BOURSE_ERROR_BAD_REQUEST = -404, /* the exchange does not like a parameter */
  BOURSE_ERROR_BAD_SYMBOL = -405,
  BOURSE_ERROR_INVALID_ORDER = -406, /* a rule of the market or of the order type is broken */
  BOURSE_ERROR_INSUFFICIENT_FUNDS = -407,
  BOURSE_ERROR_ORDER_NOT_FOUND = -408,
  BOURSE_ERROR_DUPLICATE_ORDER = -409, /* that client order id is in use */
  BOURSE_ERROR_POST_ONLY = -410, /* would have taken liquidity */
  BOURSE_ERROR_REDUCE_ONLY = -411, /* would not have reduced the position */
  BOURSE_ERROR_WOULD_TRIGGER = -412, /* a conditional order that would fire at once */
  BOURSE_ERROR_MARKET_CLOSED = -413,
  BOURSE_ERROR_NO_LIQUIDITY = -414,
  BOURSE_ERROR_POSITION = -415, /* position, leverage, margin or mode limits */
  BOURSE_ERROR_NO_CHANGE = -416, /* already as asked */
  BOURSE_ERROR_LOCATION = -417, /* not served from or for this place */
  BOURSE_ERROR_TOO_MANY_ORDERS = -418, /* open-order or order-list count limits */
  BOURSE_ERROR_NOT_FOUND = -419, /* any other thing that is not there */
  BOURSE_ERROR_UNFILLED = -420 /* fill-or-kill or immediate order without a match */
};

/* -500: the exchange is limiting, broken or away. */
enum {
  BOURSE_ERROR_RATE_LIMITED = -500,
  BOURSE_ERROR_BANNED = -501, /* this address or account is shut out until retry_after_ms */
  BOURSE_ERROR_UNAVAILABLE = -502, /* internal error or gateway failure there */
  BOURSE_ERROR_MAINTENANCE = -503,
  BOURSE_ERROR_OVERLOADED = -504, /* refused for load, not executed */
  BOURSE_ERROR_BAD_REPLY = -505, /* the answer cannot be read: not the documented form, cut off, too large */
  BOURSE_ERROR_FATE_UNKNOWN = -506 /* the exchange itself says it does not know whether it executed */
};

/* -600: a defect of this library. */
enum {
  BOURSE_ERROR_INTERNAL = -600
};

/* What became of a request at the exchange. Only UNKNOWN leaves doubt; for an order, resolve it by asking the exchange for
 * the client order id before anything else is done. */
enum {
  BOURSE_OUTCOME_NONE = 0, /* the question does not arise (reads, local calls) */
  BOURSE_OUTCOME_NOT_SENT = 1, /* no byte left this machine */
  BOURSE_OUTCOME_REJECTED = 2, /* the exchange refused; nothing was done */
  BOURSE_OUTCOME_EXECUTED = 3, /* the exchange did it */
  BOURSE_OUTCOME_UNKNOWN = 4 /* may or may not have been done */
};

/* Detail of the newest failure. Strings are never NULL ("" when empty) and hold no secrets. */
typedef struct bourse_error {
  uint32_t struct_size;
  int32_t code;                 /* BOURSE_ERROR_* */
  int32_t outcome;              /* BOURSE_OUTCOME_* */
  int32_t http_status;          /* 0: no answer */
  int64_t retry_after_ms;       /* when to try again, from now; 0: not said */
  const char *message;          /* one sentence: what was wrong, what was given, what is allowed */
  const char *field;            /* the argument at fault, as named in bourse_request or bourse_order_request */
  const char *exchange;         /* "binance" */
  const char *operation;        /* "create_order" */
  const char *exchange_code;    /* the exchange's own code, "-2010" */
  const char *exchange_message; /* the exchange's own text */
  const char *client_order_id;  /* of the order in question */
} bourse_error;

/* "insufficient_funds" for BOURSE_ERROR_INSUFFICIENT_FUNDS; "unknown_error" for a number that is none.
 * Static string; any thread. */
BOURSE_API const char *bourse_error_name(int32_t code);

/* One plain sentence for the code alone. Static string; any thread. */
BOURSE_API const char *bourse_error_text(int32_t code);

/* "not_sent", "rejected", "executed", "unknown", "none". Static string; any thread. */
BOURSE_API const char *bourse_outcome_name(int32_t outcome);

/* Every code, by index from 0; 0 (BOURSE_OK) past the last. For bindings. Any thread. */
BOURSE_API int32_t bourse_error_code_at(uint32_t index);

#ifdef __cplusplus
}
#endif
#endif
