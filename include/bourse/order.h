/* bourse/order.h - what an order asks for, what became of it, and its fills. */
#ifndef BOURSE_ORDER_H
#define BOURSE_ORDER_H

#include <bourse/base.h>
#include <bourse/decimal.h>
#include <bourse/market.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { BOURSE_ORDER_MARKET = 1, BOURSE_ORDER_LIMIT = 2 };

enum {
  BOURSE_GOOD_TILL_CANCELED = 1,
  BOURSE_IMMEDIATE_OR_CANCEL = 2,
  BOURSE_FILL_OR_KILL = 3,
  BOURSE_GOOD_TILL_DATE = 4
};

enum { BOURSE_POSITION_LONG = 1, BOURSE_POSITION_SHORT = 2, BOURSE_POSITION_BOTH = 3 };

/* Which way the price must move to fire a trigger_price. */
enum { BOURSE_TRIGGER_RISE = 1, BOURSE_TRIGGER_FALL = 2 };

/* What happens when an order would trade with another of the same account. */
enum {
  BOURSE_SELF_TRADE_ALLOW = 1,
  BOURSE_SELF_TRADE_CANCEL_MAKER = 2,
  BOURSE_SELF_TRADE_CANCEL_TAKER = 3,
  BOURSE_SELF_TRADE_CANCEL_BOTH = 4,
  BOURSE_SELF_TRADE_DECREMENT = 5,
  BOURSE_SELF_TRADE_TRANSFER = 6
};

/* Borrowing with a margin order. */
enum { BOURSE_BORROW_NONE = 1, BOURSE_BORROW_AUTO = 2, BOURSE_BORROW_REPAY = 3, BOURSE_BORROW_AUTO_REPAY = 4 };

/* How several orders of one create_order_list hang together. */
enum {
  BOURSE_LIST_OCO = 1,   /* two orders, one cancels the other: orders = { above or below, the other } */
  BOURSE_LIST_OTO = 2,   /* the second comes to life when the first is filled */
  BOURSE_LIST_OTOCO = 3, /* a filled first order brings an OCO pair to life: orders = { working, pair, pair } */
  BOURSE_LIST_OPO = 4,   /* as OTO, the second sized by what the first received */
  BOURSE_LIST_OPOCO = 5  /* as OTOCO, the pair sized by what the first received */
};

enum {
  BOURSE_ORDER_OPEN = 1,
  BOURSE_ORDER_FILLED = 2,
  BOURSE_ORDER_CANCELED = 3,
  BOURSE_ORDER_REJECTED = 4,
  BOURSE_ORDER_EXPIRED = 5,
  BOURSE_ORDER_PENDING = 6,     /* accepted, waits for another order of its list */
  BOURSE_ORDER_CANCELING = 7,
  BOURSE_ORDER_UNTRIGGERED = 8, /* conditional, waits for its price */
  BOURSE_ORDER_TRIGGERED = 9,   /* conditional, has fired: triggered_order_id is the order it became */
  BOURSE_ORDER_UNKNOWN = 10     /* the exchange's word is none we know; see native_status */
};

enum { BOURSE_NATIVE = 1, BOURSE_EMULATED = 2 };

/* What reconciling found: an order of the journal; one at the exchange that this journal does not have; one that the journal
 * has as open and that the exchange does not know any more. */
enum { BOURSE_ORIGIN_OWN = 1, BOURSE_ORIGIN_FOREIGN = 2, BOURSE_ORIGIN_ORPHAN = 3 };

/* What an order asks for. Exactly one of amount, contracts and cost is given (none with close_position).
 *
 * A conditional order has at most one of: stop_loss_price, take_profit_price, trigger_price (with trigger_direction),
 * or trailing_percent / trailing_amount; `type` then says what is sent when it fires. Nothing is rounded: digits beyond
 * the market's tick and step are BOURSE_ERROR_PRECISION (see bourse_round_price, bourse_round_amount). What the
 * exchange cannot do is BOURSE_ERROR_UNSUPPORTED, never left out in silence. */
typedef struct bourse_order_request {
  uint32_t struct_size;
  uint32_t api_version;
  const char *symbol;          /* unified, or the exchange's id together with product */
  int32_t product;             /* BOURSE_PRODUCT_*, needed only with an exchange's id */
  int32_t side;                /* BOURSE_SIDE_* */
  int32_t type;                /* BOURSE_ORDER_MARKET, BOURSE_ORDER_LIMIT */
  int32_t time_in_force;       /* 0: good till canceled for limit orders */
  bourse_decimal amount;       /* base units */
  bourse_decimal contracts;    /* contracts, on futures and options */
  bourse_decimal cost;         /* quote units, market orders: spend (buy) or receive (sell) this much */
  bourse_decimal price;        /* limit price */
  const char *client_order_id; /* NULL: made by the library */
  int32_t post_only;
  int32_t reduce_only;
  int32_t close_position;      /* the whole position, whatever its size then */
  int32_t position_side;       /* BOURSE_POSITION_LONG or _SHORT, in hedge mode */
  int32_t margin_mode;         /* BOURSE_MARGIN_*: spot order on margin; mode of the position where orders carry it */
  int32_t borrow;              /* BOURSE_BORROW_* */
  int32_t self_trade;          /* BOURSE_SELF_TRADE_* */
  int32_t trigger_direction;   /* BOURSE_TRIGGER_*, for trigger_price */
  int32_t trigger_by;          /* BOURSE_PRICE_LAST, _MARK or _INDEX */
  int32_t test;                /* checked by the exchange, not placed */
  int64_t expire_ns;           /* for BOURSE_GOOD_TILL_DATE */
  bourse_decimal leverage;     /* where orders carry it */
  bourse_decimal stop_loss_price;
  bourse_decimal take_profit_price;
  bourse_decimal trigger_price;
  bourse_decimal trailing_percent; /* 1.5 is 1.5 % */
  bourse_decimal trailing_amount;  /* quote units */
  bourse_decimal trailing_activation_price;
  bourse_decimal iceberg_amount;   /* the visible part */
  /* Orders that come to life with this one's position: trigger, and limit price (absent: market). */
  bourse_decimal attached_stop_loss_trigger;
  bourse_decimal attached_stop_loss_price;
  bourse_decimal attached_take_profit_trigger;
  bourse_decimal attached_take_profit_price;
} bourse_order_request;

#define BOURSE_ORDER_REQUEST_INIT BOURSE_STAMPED(bourse_order_request)

/* Zeroes the first `size` bytes of *request and stamps it. Errors: BOURSE_ERROR_ARGUMENT. Any thread. */
BOURSE_API int32_t bourse_order_request_init(bourse_order_request *request, uint32_t size);

/* An order as the exchange reports it. What the exchange did not say is absent, unset, 0 or NULL. */
typedef struct bourse_order {
  const char *id;              /* give it back as it is; ids of conditional orders may carry a prefix ("algo:123") */
  const char *client_order_id;
  const char *symbol;
  const char *market_id;
  int32_t status;              /* BOURSE_ORDER_OPEN ... */
  int32_t side;
  int32_t type;
  int32_t time_in_force;
  bourse_decimal price;
  bourse_decimal average;      /* price of what was filled; where the exchange tells only cost and filled it is their
                                * quotient, rounded half to even at eight digits beyond those of the price tick */
  bourse_decimal amount;       /* base units */
  bourse_decimal filled;
  bourse_decimal remaining;
  bourse_decimal cost;         /* quote units filled */
  bourse_decimal contracts;    /* of amount, filled, in contracts */
  bourse_decimal filled_contracts;
  bourse_decimal requested_cost;
  int64_t created_ns;
  int64_t updated_ns;
  int64_t working_ns;          /* on the book since */
  int64_t expire_ns;
  const char *native_status;
  const char *native_type;
  const char *reason;          /* why rejected or expired, in the exchange's word */
  const char *list_id;         /* of the order list it belongs to */
  const char *list_client_id;
  const char *triggered_order_id;
  int32_t post_only;
  int32_t reduce_only;
  int32_t close_position;
  int32_t position_side;
  int32_t margin_mode;
  int32_t self_trade;
  int32_t conditional;         /* yes: waits, or waited, for a trigger */
  int32_t trigger_by;
  int32_t realization;         /* BOURSE_NATIVE, BOURSE_EMULATED */
  int32_t list_kind;           /* BOURSE_LIST_* */
  bourse_decimal stop_loss_price;
  bourse_decimal take_profit_price;
  bourse_decimal trigger_price;
  bourse_decimal trailing_percent;
  bourse_decimal trailing_amount;
  bourse_decimal trailing_activation_price;
  bourse_decimal iceberg_amount;
  bourse_decimal fee;          /* paid so far; negative: received */
  const char *fee_currency;
  int32_t error;               /* of this one order in a batch: BOURSE_ERROR_*, 0 when it is well */
  int32_t outcome;             /* BOURSE_OUTCOME_* of this one order in a batch */
  const char *error_code;      /* the exchange's */
  const char *error_message;
  const struct bourse_fill *fills; /* fill_count of them, when they came along: bourse_order_fill */
  uint32_t fill_count;
  int32_t origin;              /* BOURSE_ORIGIN_*, of reconcile_orders */
} bourse_order;

/* An own trade. */
typedef struct bourse_fill {
  const char *id;              /* one of a market and side: an account that trades with itself has two of one id */
  const char *order_id;
  const char *client_order_id;
  const char *symbol;
  const char *market_id;
  int64_t time_ns;
  int32_t side;
  int32_t role;                /* BOURSE_MAKER, BOURSE_TAKER */
  bourse_decimal price;
  bourse_decimal amount;       /* base units */
  bourse_decimal contracts;
  bourse_decimal cost;         /* quote units */
  bourse_decimal fee;          /* negative: received */
  const char *fee_currency;
  bourse_decimal realized_pnl;
  int32_t position_side;
  int32_t margin_mode;
} bourse_fill;

/* NULL past the end. Any thread while the result lives. */
BOURSE_API const bourse_fill *bourse_order_fill(const bourse_order *order, uint32_t index);

#ifdef __cplusplus
}
#endif
#endif
