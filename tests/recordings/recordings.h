/* recordings.h - decoding recorded payloads, and saying independently of the adapters what must come out. */
#ifndef RECORDINGS_RECORDINGS_H
#define RECORDINGS_RECORDINGS_H

#include <bourse.h>
#include <bourse/sys/adapter.h>
#include <bourse/sys/schema.h>

#include "support/json.h"

/* How a native value and a member of the unified record go together. */
enum {
  HOW_SAME = 1, /* text equals; a decimal digit for digit */
  HOW_ZERO,     /* the same, but zero or a negative number may mean "none" */
  HOW_SIZE,     /* the same, without its sign */
  HOW_WORD,     /* the same, but NONE and null mean "none" */
  HOW_MINUS,    /* the same, but -1 means "none" */
  HOW_LIMIT,    /* like HOW_ZERO, and a market order has none: what is told of it is the bound of its band */
  HOW_TAIL,     /* the member ends with the text: ids with a prefix of our own */
  HOW_NEGATED,  /* the same with the opposite sign */
  HOW_ERROR,    /* the same where the number is negative: a refusal inside a list */
  HOW_MS,       /* milliseconds; 0 and -1 may mean "none" */
  HOW_EPOCH, /* seconds, milliseconds, microseconds or nanoseconds, told by how long the number is; 0 may mean "none" */
  HOW_SECONDS,  /* seconds with decimals; 0 may mean "none" */
  HOW_PERCENT,  /* the member is a hundredth of the number */
  HOW_SIGNED,   /* the same, but for a plus before it */
  HOW_CURRENCY, /* the member is what the exchange's `currency` makes of the text */
  HOW_ISO,      /* time as text, UTC */
  HOW_HOURS,    /* a duration */
  HOW_ENUM,     /* by `words`: "BUY=buy NEW=open/untriggered"; a word that is not there is not compared */
  HOW_MARKET,   /* id of a market: the member equals the id, and `symbol` the name that the market list gives it */
  HOW_SLASH,    /* the part before the slash of "3/12", before the at of "hash@3" */
  HOW_RECORDS,  /* a list of records of kind `words`, a number of BOURSE_KIND_* as text */
  HOW_LEVELS    /* [[price, amount], ...] */
};

/* native: path inside the item ("a.b", "[0]", "." the item itself where that is a text or number); "x>y" the first that is there, "x|y" any; a leading '!' looks only in the item
 * and not in what surrounds it; "x?y" counts only where y is there and not zero, "x?-y" where it is not. member: "a|b" any of
 * them. */
typedef struct map_field {
  const char *native;
  const char *member;
  int how;
  const char *words;
} map_field;

/* What the items of a payload are, and how their fields map, for one kind of record (and paths that match). */
typedef struct map_family {
  int32_t kind;
  const char *path;  /* pattern; the first family that fits is taken */
  const char *lists; /* keys whose lists hold the items, by spaces */
  const char *wraps; /* keys whose object is the item */
  const map_field *fields;
  uint32_t count;
  const char *
      derived; /* decimals that are computed, by spaces: need not be in the payload. "c=a*b" must be that product then */
  int any_count; /* 3: they come in an order of their own, several perhaps of one item or one of several; 1: how many records come of it is not told by the payload; 2: it has the newest first, and the records come
                  * with the oldest first */
} map_family;

/* An error that an exchange tells, and what it must become. */
typedef struct map_error {
  const char *where; /* exchange of the manifest and product, "binance" or "binance/margin" */
  const char *code;
  const char *text;       /* part of the message; NULL: any */
  const char *categories; /* names of the codes that are right, by spaces */
  const char *outcomes;   /* of a request that changes something, by spaces; NULL: rejected */
} map_error;

/* One exchange of the manifest. */
typedef struct map_exchange {
  const char *id;   /* in the manifest */
  const char *name; /* of the adapter */
  int32_t product;
  const map_family *families;
  uint32_t family_count;
  const map_error *errors;
  uint32_t error_count;
  /* Symbol of an instrument of the list, or NULL; for comparing with the library's own. */
  const char *(*symbol_of)(pool *p, const json *instrument);
  const char *instruments;     /* key of the list of instruments in the payload, */
  const char *instrument_id;   /* of the id of one of them, */
  const char *instrument_base; /* and of its base currency */
  /* For exchanges whose payloads are not the items, or lists of them, themselves. NULL or 0: not needed. */
  const json *(*unwrap)(pool *p, const json *instruments, const char *path, const json *payload);
  const char *(*refusal)(const json *body);      /* the error that a payload tells, NULL: none */
  const char *(*refusal_text)(const json *body); /* what it says besides; NULL: the same */
  int32_t error_status;                          /* that errors come with */
  int (*is_wanted)(int32_t operation, const json *item);
  char *(*with_instrument)(pool *p, const char *list, size_t length, const char *id); /* the list with one more in it */
  const char *listed; /* a market to add to the list of the recordings in any case, where that has none; NULL: none */
  const char *market; /* member of an item, as unwrapped, that names its market */
  const char *(*currency)(pool *p, const char *asset);
  int32_t other_product; /* whose markets stand in the same list, and whose records in the same replies */
  /* Where one set of endpoints serves all products and each is asked for by itself: that of an id. */
  int32_t (*product_of)(const char *id);
  const char *(*no_reply)(const json *payload); /* why this is not what an endpoint answers; NULL: it is */
  /* Where one exchange has maps for several products: whether a file of the manifest is for this one, and a list of no
   * instruments that `listed` and those of the payloads are added to. */
  int (*takes)(const json *row, const json *payload);
  const char *list;
  const char *sample; /* a list of markets for sets that have none of this exchange */
} map_exchange;

extern const map_exchange map_binance, map_binance_usdm, map_coinbase, map_kraken, map_kraken_futures, map_kucoin,
    map_kucoin_futures, map_kucoin_unified, map_okx, map_bybit_spot, map_bybit_linear, map_bybit_inverse,
    map_bybit_option;

/* --- fields.c --- */

typedef struct map_item {
  struct map_item *next;
  const json *value;
  const json *around; /* the object whose list it came from; NULL: none */
} map_item;

typedef struct map_context {
  pool *p;
  const map_exchange *exchange;
  const json *instruments;
} map_context;

const map_family *family_of(const map_exchange *exchange, int32_t kind, const char *path);
map_item *items_of(pool *p, const map_family *family, const json *payload, uint32_t *count);
/* NULL when the record holds all that the item has and nothing else, or what is wrong. */
const char *compare_item(const map_context *c, const map_family *family, const map_item *item, int32_t kind,
                         const void *record);

/* --- arguments.c --- */

/* What the payload says of the request that brought it. */
typedef struct map_subject {
  const char *symbol;
  const char *currency;
  const char *path;
  int32_t product;
  uint32_t items;
  const char *client_id; /* of its first item; NULL: none */
  const char **ids;      /* of the orders that the items answer about, NULL: that one tells none; NULL: none does */
  const char **client_ids;
} map_subject;

/* A request of this endpoint's operation with arguments that could have brought the payload. */
void likely_request(pool *p, bourse_request *out, const bourse_endpoint *endpoint, const map_subject *subject);
/* Adds the argument that an error says is missing; 0 when that cannot be done. */
int add_argument(pool *p, bourse_request *request, const char *field, const map_subject *subject);
/* Whether the operation is about one thing, and takes its own out of a reply that tells of many. */
int is_singular(int32_t operation);

/* --- errors.c --- */

/* NULL when the error is what the table says for this body, or what is wrong. */
const char *compare_error(pool *p, const map_exchange *exchange, const char *product, const json *body,
                          const bourse_error *error, int acts);
int is_error_body(const map_exchange *exchange, const json *body);

#endif
