/* bourse/market.h - markets, currencies and public market data, as results give them.
 *
 * All structs here are read-only and belong to the result they came from. `symbol` is the unified name ("BTC/USDT",
 * "BTC/USDT:USDT", "BTC/USD:BTC", "BTC/USDT:USDT-261225", "BTC/USDT:USDT-261225-90000-C"), NULL when the exchange's
 * market list has no such id; `id` is the exchange's own name. */
#ifndef BOURSE_MARKET_H
#define BOURSE_MARKET_H

#include <bourse/base.h>
#include <bourse/decimal.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is traded. Margin trading is spot trading with a margin mode. */
enum {
  BOURSE_PRODUCT_SPOT = 1,
  BOURSE_PRODUCT_LINEAR = 2,  /* futures and perpetuals settled in the quote or another stable currency */
  BOURSE_PRODUCT_INVERSE = 3, /* futures and perpetuals settled in the base currency */
  BOURSE_PRODUCT_OPTION = 4
};

enum { BOURSE_MARGIN_CROSS = 1, BOURSE_MARGIN_ISOLATED = 2 };

enum { BOURSE_SIDE_BUY = 1, BOURSE_SIDE_SELL = 2 };

enum { BOURSE_MAKER = 1, BOURSE_TAKER = 2 };

enum { BOURSE_OPTION_CALL = 1, BOURSE_OPTION_PUT = 2 };

/* Which price a candle, trigger or chart is of. */
enum { BOURSE_PRICE_LAST = 1, BOURSE_PRICE_MARK = 2, BOURSE_PRICE_INDEX = 3, BOURSE_PRICE_PREMIUM = 4 };

enum {
  BOURSE_SYSTEM_NORMAL = 1,
  BOURSE_SYSTEM_MAINTENANCE = 2,
  BOURSE_SYSTEM_CANCEL_ONLY = 3,
  BOURSE_SYSTEM_POST_ONLY = 4,
  BOURSE_SYSTEM_LIMIT_ONLY = 5
};

typedef struct bourse_server_time {
  int64_t time_ns;
} bourse_server_time;

typedef struct bourse_system_status {
  int32_t status; /* BOURSE_SYSTEM_* */
  int32_t reserved;
  const char *message;
  int64_t time_ns;
} bourse_system_status;

/* One market. Amount limits are in base units for spot and linear markets whose contract_size is given too
 * (amount = contracts * contract_size); for inverse and option markets they are in contracts. */
typedef struct bourse_market {
  const char *symbol;
  const char *id;
  const char *base;
  const char *quote;
  const char *settle;         /* futures and options */
  int32_t product;            /* BOURSE_PRODUCT_* */
  int32_t active;             /* yes: trading now */
  const char *status;         /* the exchange's own word */
  const char *pair;           /* the exchange's name of the underlying, where requests want it; on spot, its other name
                               * of the market, which is accepted as the id is */
  int32_t perpetual;          /* yes, no (dated), unset for spot */
  int32_t cross_margin;       /* may be traded on cross margin */
  int32_t isolated_margin;
  int32_t option_type;        /* BOURSE_OPTION_* */
  int64_t expiry_ns;          /* 0: none */
  int64_t listed_ns;          /* 0: not known */
  bourse_decimal strike;
  bourse_decimal contract_size; /* base units a contract (linear, option), quote units a contract (inverse) */
  bourse_decimal price_tick;
  bourse_decimal price_min;
  bourse_decimal price_max;
  bourse_decimal amount_step;
  bourse_decimal amount_min;
  bourse_decimal amount_max;
  bourse_decimal market_amount_step; /* for market orders, where it differs */
  bourse_decimal market_amount_min;
  bourse_decimal market_amount_max;
  bourse_decimal cost_step;   /* quote amount step of market orders by cost */
  bourse_decimal cost_min;    /* least notional */
  bourse_decimal cost_max;
  bourse_decimal maker_fee;   /* as a fraction: 0.001 is 0.1 %; absent when the exchange's list does not say */
  bourse_decimal taker_fee;
  int32_t cost_min_market;    /* cost_min holds for market orders too */
  int32_t quote_order;        /* market orders by quote amount are native here */
  int32_t iceberg;
  int32_t trailing;
  int32_t oco;
  int32_t iceberg_parts;      /* most visible parts of an iceberg; 0: not said */
  int32_t price_figures;      /* most significant digits of a price; 0: any */
  int32_t reserved;
  const char *code;           /* the exchange's number of the market, where orders as messages want that instead of the id */
} bourse_market;

/* One chain on which a currency moves. */
typedef struct bourse_network {
  const char *network; /* unified: "BTC", "ERC20", "TRC20", ... or the exchange's own where there is no common name */
  const char *id;      /* the exchange's own */
  const char *name;
  const char *contract_address;
  int32_t deposit;
  int32_t withdraw;
  int32_t confirmations;
  int32_t is_default;
  bourse_decimal withdraw_fee;
  bourse_decimal withdraw_min;
  bourse_decimal withdraw_max;
  bourse_decimal withdraw_step;
  bourse_decimal deposit_min;
} bourse_network;

typedef struct bourse_currency {
  const char *currency; /* unified code */
  const char *id;       /* the exchange's own */
  const char *name;
  int32_t active;
  int32_t deposit;
  int32_t withdraw;
  int32_t fiat;
  bourse_decimal step;         /* smallest amount the exchange keeps */
  bourse_decimal withdraw_fee; /* of the default network */
  bourse_decimal withdraw_min;
  const bourse_network *networks; /* network_count of them: bourse_currency_network */
  uint32_t network_count;
  uint32_t reserved;
} bourse_currency;

typedef struct bourse_ticker {
  const char *symbol;
  const char *id;
  int64_t time_ns;
  int64_t open_time_ns; /* start of the window that open, high, low and the volumes are of */
  bourse_decimal last;
  bourse_decimal last_amount;
  bourse_decimal bid;
  bourse_decimal bid_amount;
  bourse_decimal ask;
  bourse_decimal ask_amount;
  bourse_decimal open;
  bourse_decimal high;
  bourse_decimal low;
  bourse_decimal previous_close;
  bourse_decimal change;  /* last - open */
  bourse_decimal percent; /* change / open * 100 */
  bourse_decimal vwap;
  bourse_decimal base_volume;
  bourse_decimal quote_volume;
  bourse_decimal contracts_volume;
  bourse_decimal mark_price;
  bourse_decimal index_price;
  bourse_decimal open_interest;
  int64_t trade_count; /* 0: not said */
  int64_t update_id;   /* the exchange's number of this state; 0: not said */
} bourse_ticker;

typedef struct bourse_level {
  bourse_decimal price;
  bourse_decimal amount;
} bourse_level;

/* Bids from the highest price down, asks from the lowest up. */
typedef struct bourse_order_book {
  const char *symbol;
  const char *id;
  int64_t time_ns;
  int64_t sequence; /* the exchange's number of this state; 0: not said */
  const bourse_level *bids;
  const bourse_level *asks;
  uint32_t bid_count;
  uint32_t ask_count;
} bourse_order_book;

/* A public trade. */
typedef struct bourse_trade {
  const char *symbol;
  const char *id; /* of the trade */
  int64_t time_ns;
  int32_t side; /* of the taker */
  int32_t aggregated; /* yes: several trades at one price in one; first_id and last_id name them */
  bourse_decimal price;
  bourse_decimal amount;    /* base units; contracts on inverse markets */
  bourse_decimal cost;      /* quote units */
  bourse_decimal contracts;
  const char *first_id;
  const char *last_id;
} bourse_trade;

typedef struct bourse_candle {
  int64_t time_ns; /* start */
  bourse_decimal open;
  bourse_decimal high;
  bourse_decimal low;
  bourse_decimal close;
  bourse_decimal volume;       /* base units; contracts on inverse markets */
  bourse_decimal quote_volume; /* base units on inverse markets */
  bourse_decimal taker_volume; /* the part of volume that takers bought */
  bourse_decimal taker_quote_volume;
  int64_t close_time_ns;
  int64_t trade_count; /* 0: not said */
  int32_t closed;      /* no: still moving */
  int32_t reserved;
} bourse_candle;

/* Funding and mark price of a perpetual now, or one past settlement. */
typedef struct bourse_funding_rate {
  const char *symbol;
  const char *id;
  int64_t time_ns;          /* of this information; of the settlement, in a history */
  int64_t next_time_ns;     /* of the next settlement; 0: not said */
  int64_t interval_ns;      /* between settlements; 0: not said */
  bourse_decimal rate;      /* as a fraction for one interval */
  bourse_decimal mark_price;
  bourse_decimal index_price;
  bourse_decimal settle_price; /* estimated */
  bourse_decimal interest_rate;
  bourse_decimal rate_min;
  bourse_decimal rate_max;
  const char *kind;         /* the exchange's own word where it has several kinds */
} bourse_funding_rate;

typedef struct bourse_open_interest {
  const char *symbol;
  const char *id;
  int64_t time_ns;
  bourse_decimal amount;    /* base units */
  bourse_decimal contracts;
  bourse_decimal value;     /* quote units */
} bourse_open_interest;

/* One step of the table that says how much leverage a position of some size may have. */
typedef struct bourse_leverage_tier {
  const char *symbol;
  const char *id;
  int32_t tier;
  int32_t reserved;
  bourse_decimal notional_min;
  bourse_decimal notional_max;
  bourse_decimal leverage_max;
  bourse_decimal maintenance_rate; /* as a fraction */
  bourse_decimal maintenance_amount;
  bourse_decimal amount_min; /* where sizes are told and not what they are worth: base units, on inverse markets contracts */
  bourse_decimal amount_max;
} bourse_leverage_tier;

/* Bounds-checked reaching into arrays that structs carry; NULL past the end. Any thread while the result lives. */
BOURSE_API const bourse_network *bourse_currency_network(const bourse_currency *currency, uint32_t index);
BOURSE_API const bourse_level *bourse_order_book_bid(const bourse_order_book *book, uint32_t index);
BOURSE_API const bourse_level *bourse_order_book_ask(const bourse_order_book *book, uint32_t index);

#ifdef __cplusplus
}
#endif
#endif
