/* socket_map.c - native fields of messages and where they belong, written from the documentation and from the payloads. */
#include <string.h>

#include "recordings/sockets.h"

#define COUNT(array_) (uint32_t)(sizeof(array_) / sizeof((array_)[0]))
#define FAMILY(kind_, path_, lists_, wraps_, fields_, derived_) \
  { BOURSE_KIND_##kind_, "ws/" path_, lists_, wraps_, fields_, COUNT(fields_), derived_, 0 }
#define FAMILY_BACK(kind_, path_, lists_, fields_, derived_) \
  { BOURSE_KIND_##kind_, "ws/" path_, lists_, "", fields_, COUNT(fields_), derived_, 2 }
#define FAMILY_SORTED(kind_, path_, lists_, fields_, derived_) \
  { BOURSE_KIND_##kind_, "ws/" path_, lists_, "", fields_, COUNT(fields_), derived_, 3 }
/* How many records come of it is not told by the payload. */
#define FAMILY_OF_ANY(kind_, path_, wraps_, fields_, derived_) \
  { BOURSE_KIND_##kind_, "ws/" path_, "", wraps_, fields_, COUNT(fields_), derived_, 1 }
#define FAMILY_OF_SOME(kind_, path_, lists_, fields_, derived_) \
  { BOURSE_KIND_##kind_, "ws/" path_, lists_, "", fields_, COUNT(fields_), derived_, 1 }

#define SIDES          "BUY=buy SELL=sell"
#define BYBIT_SIDES    "Buy=buy Sell=sell"
#define YES_NO         "true=true false=false"
#define MAKERS         "true=maker false=taker"
#define POSITION_SIDES "LONG=long SHORT=short"
#define SELF_TRADE \
  "EXPIRE_MAKER=cancel_maker EXPIRE_TAKER=cancel_taker EXPIRE_BOTH=cancel_both DECREMENT=decrement TRANSFER=transfer"
#define STATUSES                                                                                                  \
  "NEW=open/untriggered PARTIALLY_FILLED=open FILLED=filled CANCELED=canceled EXPIRED=expired REJECTED=rejected " \
  "PENDING_CANCEL=canceling"
#define TIMES_IN_FORCE \
  "GTC=good_till_canceled GTX=good_till_canceled IOC=immediate_or_cancel FOK=fill_or_kill GTD=good_till_date"

static const map_field ticker_fields[] = {
    {"s", "id", HOW_SAME, NULL},
    {"E", "time_ns", HOW_MS, NULL},
    {"O", "open_time_ns", HOW_MS, NULL},
    {"c", "last", HOW_SAME, NULL},
    {"Q", "last_amount", HOW_SAME, NULL},
    {"b", "bid", HOW_SAME, NULL},
    {"B", "bid_amount", HOW_SAME, NULL},
    {"a", "ask", HOW_SAME, NULL},
    {"A", "ask_amount", HOW_SAME, NULL},
    {"o", "open", HOW_SAME, NULL},
    {"h", "high", HOW_SAME, NULL},
    {"l", "low", HOW_SAME, NULL},
    {"x", "previous_close", HOW_SAME, NULL},
    {"p", "change", HOW_SAME, NULL},
    {"P", "percent", HOW_SAME, NULL},
    {"w", "vwap", HOW_SAME, NULL},
    {"v", "base_volume", HOW_SAME, NULL},
    {"q", "quote_volume", HOW_SAME, NULL},
    {"n", "trade_count", HOW_SAME, NULL},
};

static const map_field best_fields[] = {
    {"s", "id", HOW_SAME, NULL},         {"T>E", "time_ns", HOW_MS, NULL},    {"u", "update_id", HOW_SAME, NULL},
    {"b", "bid", HOW_SAME, NULL},        {"B", "bid_amount", HOW_SAME, NULL}, {"a", "ask", HOW_SAME, NULL},
    {"A", "ask_amount", HOW_SAME, NULL},
};

static const map_field mark_fields[] = {
    {"s", "id", HOW_SAME, NULL},
    {"E", "time_ns", HOW_MS, NULL},
    {"p", "mark_price", HOW_SAME, NULL},
    {"i", "index_price", HOW_SAME, NULL},
};

static const map_field trade_fields[] = {
    {"t", "id", HOW_SAME, NULL},
    {"p", "price", HOW_SAME, NULL},
    {"q", "amount", HOW_SAME, NULL},
    {"T", "time_ns", HOW_MS, NULL},
    {"m", "side", HOW_ENUM, "true=sell false=buy"},
};

static const map_field aggregate_fields[] = {
    {"a", "id", HOW_SAME, NULL},
    {"p", "price", HOW_SAME, NULL},
    {"q", "amount", HOW_SAME, NULL},
    {"f", "first_id", HOW_SAME, NULL},
    {"l", "last_id", HOW_SAME, NULL},
    {"T", "time_ns", HOW_MS, NULL},
    {"m", "side", HOW_ENUM, "true=sell false=buy"},
};

static const map_field forced_fields[] = {
    {"!S", "side", HOW_ENUM, SIDES},
    {"!ap", "price", HOW_SAME, NULL},
    {"!z", "amount", HOW_SAME, NULL},
    {"!T", "time_ns", HOW_MS, NULL},
};

static const map_field candle_fields[] = {
    {"!t", "time_ns", HOW_MS, NULL},        {"!T", "close_time_ns", HOW_MS, NULL},
    {"!o", "open", HOW_SAME, NULL},         {"!c", "close", HOW_SAME, NULL},
    {"!h", "high", HOW_SAME, NULL},         {"!l", "low", HOW_SAME, NULL},
    {"!v", "volume", HOW_SAME, NULL},       {"!q", "quote_volume", HOW_SAME, NULL},
    {"!V", "taker_volume", HOW_SAME, NULL}, {"!Q", "taker_quote_volume", HOW_SAME, NULL},
    {"!n", "trade_count", HOW_SAME, NULL},  {"!x", "closed", HOW_ENUM, YES_NO},
};

/* Of a cancel "C" is the order's own id. */
static const map_field spot_order_fields[] = {
    {"s", "market_id", HOW_SAME, NULL},
    {"C>c", "client_order_id", HOW_SAME, NULL},
    {"S", "side", HOW_ENUM, SIDES},
    {"o", "native_type", HOW_SAME, NULL},
    {"o", "type", HOW_ENUM,
     "LIMIT=limit MARKET=market LIMIT_MAKER=limit STOP_LOSS_LIMIT=limit TAKE_PROFIT_LIMIT=limit"},
    {"f", "time_in_force", HOW_ENUM, TIMES_IN_FORCE},
    {"q", "amount", HOW_ZERO, NULL},
    {"p", "price", HOW_ZERO, NULL},
    {"P", "trigger_price", HOW_ZERO, NULL},
    {"F", "iceberg_amount", HOW_ZERO, NULL},
    {"Q", "requested_cost", HOW_ZERO, NULL},
    {"g", "list_id", HOW_MINUS, NULL},
    {"X", "native_status", HOW_SAME, NULL},
    {"X", "status", HOW_ENUM, STATUSES},
    {"eR>r", "reason", HOW_WORD, NULL},
    {"i", "id", HOW_SAME, NULL},
    {"z", "filled", HOW_SAME, NULL},
    {"Z", "cost", HOW_SAME, NULL},
    {"T", "updated_ns", HOW_MS, NULL},
    {"O", "created_ns", HOW_MS, NULL},
    {"W", "working_ns", HOW_MS, NULL},
    {"V", "self_trade", HOW_ENUM, SELF_TRADE},
};

static const map_field spot_fill_fields[] = {
    {"s", "market_id", HOW_SAME, NULL},    {"t", "id", HOW_SAME, NULL},     {"i", "order_id", HOW_SAME, NULL},
    {"S", "side", HOW_ENUM, SIDES},        {"m", "role", HOW_ENUM, MAKERS}, {"L", "price", HOW_SAME, NULL},
    {"l", "amount", HOW_SAME, NULL},       {"Y", "cost", HOW_SAME, NULL},   {"n", "fee", HOW_SAME, NULL},
    {"N", "fee_currency", HOW_SAME, NULL}, {"T", "time_ns", HOW_MS, NULL},
};

static const map_field futures_order_fields[] = {
    {"!s", "market_id", HOW_SAME, NULL},
    {"!c", "client_order_id", HOW_SAME, NULL},
    {"!S", "side", HOW_ENUM, SIDES},
    {"!o", "native_type", HOW_SAME, NULL},
    {"!o", "type", HOW_ENUM, "LIMIT=limit MARKET=market STOP=limit TAKE_PROFIT=limit STOP_MARKET=market"},
    {"!f", "time_in_force", HOW_ENUM, TIMES_IN_FORCE},
    {"!q", "contracts", HOW_ZERO, NULL},
    {"!p", "price", HOW_ZERO, NULL},
    {"!ap", "average", HOW_ZERO, NULL},
    {"!sp?-cr", "trigger_price|stop_loss_price", HOW_ZERO,
     NULL}, /* of a trailing order it moves, and is not the order's */
    {"!AP", "trailing_activation_price", HOW_ZERO, NULL},
    {"!cr", "trailing_percent", HOW_ZERO, NULL},
    {"!X", "native_status", HOW_SAME, NULL},
    {"!X", "status", HOW_ENUM, STATUSES},
    {"!i", "id", HOW_SAME, NULL},
    {"!z", "filled_contracts", HOW_SAME, NULL},
    {"!T", "updated_ns", HOW_MS, NULL},
    {"!gtd", "expire_ns", HOW_MS, NULL},
    {"!R", "reduce_only", HOW_ENUM, YES_NO},
    {"!cp", "close_position", HOW_ENUM, YES_NO},
    {"!ps", "position_side", HOW_ENUM, POSITION_SIDES},
    {"!V", "self_trade", HOW_ENUM, SELF_TRADE},
};

static const map_field futures_fill_fields[] = {
    {"!s", "market_id", HOW_SAME, NULL},    {"!t", "id", HOW_SAME, NULL},
    {"!i", "order_id", HOW_SAME, NULL},     {"!S", "side", HOW_ENUM, SIDES},
    {"!m", "role", HOW_ENUM, MAKERS},       {"!L", "price", HOW_SAME, NULL},
    {"!l", "contracts", HOW_SAME, NULL},    {"!n", "fee", HOW_SAME, NULL},
    {"!N", "fee_currency", HOW_SAME, NULL}, {"!rp", "realized_pnl", HOW_SAME, NULL},
    {"!T", "time_ns", HOW_MS, NULL},        {"!ps", "position_side", HOW_ENUM, POSITION_SIDES},
};

static const map_field algo_fields[] = {
    {"!s", "market_id", HOW_SAME, NULL},
    {"!aid", "id", HOW_TAIL, NULL},
    {"!caid", "client_order_id", HOW_SAME, NULL},
    {"!o", "native_type", HOW_SAME, NULL},
    {"!S", "side", HOW_ENUM, SIDES},
    {"!ps", "position_side", HOW_ENUM, POSITION_SIDES},
    {"!q", "contracts", HOW_ZERO, NULL},
    {"!X", "native_status", HOW_SAME, NULL},
    {"!X", "status", HOW_ENUM,
     "NEW=untriggered TRIGGERING=untriggered TRIGGERED=triggered FINISHED=triggered CANCELED=canceled "
     "REJECTED=rejected EXPIRED=expired"},
    {"!ai", "triggered_order_id", HOW_SAME, NULL},
    {"!ap", "average", HOW_ZERO, NULL},
    {"!tp", "trigger_price", HOW_ZERO, NULL},
    {"!p", "price", HOW_ZERO, NULL},
    {"!R", "reduce_only", HOW_ENUM, YES_NO},
    {"!cp", "close_position", HOW_ENUM, YES_NO},
    {"!wt", "trigger_by", HOW_ENUM, "CONTRACT_PRICE=last MARK_PRICE=mark"},
    {"!tt", "working_ns", HOW_MS, NULL},
    {"!gtd", "expire_ns", HOW_MS, NULL},
    {"!rm", "reason", HOW_SAME, NULL},
    {"T", "updated_ns", HOW_MS, NULL},
};

static const map_field spot_balance_fields[] = {
    {"!a", "currency", HOW_SAME, NULL},
    {"!f", "free", HOW_SAME, NULL},
    {"!l", "used", HOW_SAME, NULL},
    {"u", "time_ns", HOW_MS, NULL},
};

static const map_field futures_balance_fields[] = {
    {"!a", "currency", HOW_SAME, NULL},
    {"!wb", "total", HOW_SAME, NULL},
    {"T", "time_ns", HOW_MS, NULL},
};

static const map_field position_fields[] = {
    {"!s", "market_id", HOW_SAME, NULL},
    {"!pa", "contracts", HOW_SIZE, NULL},
    {"!ep", "entry_price", HOW_ZERO, NULL},
    {"!bep", "break_even_price", HOW_ZERO, NULL},
    {"!cr", "realized_pnl", HOW_SAME, NULL},
    {"!up", "unrealized_pnl", HOW_SAME, NULL},
    {"!mt", "margin_mode", HOW_ENUM, "cross=cross isolated=isolated CROSSED=cross ISOLATED=isolated"},
    {"!iw", "margin", HOW_ZERO, NULL},
    {"!ps", "side", HOW_ENUM, POSITION_SIDES},
    {"!mp", "mark_price", HOW_SAME, NULL},
    {"!mm", "maintenance_margin", HOW_SAME, NULL},
};

static const map_family binance[] = {
    FAMILY(TICKER, "24hrTicker", "", "", ticker_fields, ""),
    FAMILY(TICKER, "24hrMiniTicker", "", "", ticker_fields, ""),
    FAMILY(TICKER, "bookTicker", "", "", best_fields, ""),
    FAMILY(TICKER, "markPriceUpdate", "", "", mark_fields, ""),
    FAMILY(TRADE, "trade", "", "", trade_fields, "cost=price*amount"),
    FAMILY(TRADE, "aggTrade", "", "", aggregate_fields, "cost=price*amount"),
    FAMILY(TRADE, "forceOrder", "", "o", forced_fields, "cost=price*amount"),
    FAMILY(CANDLE, "kline", "", "k", candle_fields, ""),
    FAMILY(ORDER, "executionReport", "", "", spot_order_fields, "average remaining trailing_percent"),
    FAMILY_OF_ANY(FILL, "executionReport", "", spot_fill_fields, "cost=price*amount"),
    FAMILY(ORDER, "ORDER_TRADE_UPDATE", "", "o", futures_order_fields, "remaining cost"),
    FAMILY_OF_ANY(FILL, "ORDER_TRADE_UPDATE", "o", futures_fill_fields, "cost=price*amount"),
    FAMILY(ORDER, "ALGO_UPDATE", "", "o", algo_fields, "remaining cost=average*filled"),
    FAMILY(BALANCE, "outboundAccountPosition", "B", "", spot_balance_fields, "total"),
    FAMILY(BALANCE, "ACCOUNT_UPDATE", "a.B", "", futures_balance_fields, ""),
    FAMILY(POSITION, "ACCOUNT_UPDATE", "a.P", "", position_fields, "amount contracts"),
    FAMILY(POSITION, "MARGIN_CALL", "p", "", position_fields, "amount contracts"),
};

/* --- Kraken --- */

#define LOWER_SIDES "buy=buy sell=sell"

static const map_field v2_ticker_fields[] = {
    {"bid", "bid", HOW_SAME, NULL},
    {"bid_qty", "bid_amount", HOW_SAME, NULL},
    {"ask", "ask", HOW_SAME, NULL},
    {"ask_qty", "ask_amount", HOW_SAME, NULL},
    {"last", "last", HOW_SAME, NULL},
    {"volume", "base_volume", HOW_SAME, NULL},
    {"vwap", "vwap", HOW_SAME, NULL},
    {"low", "low", HOW_SAME, NULL},
    {"high", "high", HOW_SAME, NULL},
    {"change", "change", HOW_SAME, NULL},
    {"change_pct", "percent", HOW_SAME, NULL},
    {"!timestamp", "time_ns", HOW_ISO, NULL},
};

static const map_field v2_trade_fields[] = {
    {"side", "side", HOW_ENUM, LOWER_SIDES},  {"price", "price", HOW_SAME, NULL},
    {"qty", "amount", HOW_SAME, NULL},        {"trade_id", "id", HOW_SAME, NULL},
    {"!timestamp", "time_ns", HOW_ISO, NULL},
};

static const map_field v2_candle_fields[] = {
    {"open", "open", HOW_SAME, NULL},
    {"high", "high", HOW_SAME, NULL},
    {"low", "low", HOW_SAME, NULL},
    {"close", "close", HOW_SAME, NULL},
    {"volume", "volume", HOW_SAME, NULL},
    {"trades", "trade_count", HOW_SAME, NULL},
    {"interval_begin", "time_ns", HOW_ISO, NULL},
};

static const map_field v2_order_fields[] = {
    {"order_id", "id", HOW_SAME, NULL},
    {"cl_ord_id", "client_order_id", HOW_SAME, NULL},
    {"symbol", "market_id", HOW_SAME, NULL},
    {"order_qty", "amount", HOW_SAME, NULL},
    {"cash_order_qty", "requested_cost", HOW_SAME, NULL},
    {"display_qty", "iceberg_amount", HOW_SAME, NULL},
    {"cum_cost", "cost", HOW_SAME, NULL},
    {"cum_qty", "filled", HOW_SAME, NULL},
    {"avg_price", "average", HOW_ZERO, NULL},
    {"limit_price", "price", HOW_ZERO, NULL},
    {"triggers.price", "stop_loss_price|take_profit_price|trigger_price|trailing_percent|trailing_amount", HOW_SAME,
     NULL},
    {"triggers.reference", "trigger_by", HOW_ENUM, "last=last index=index"},
    {"time_in_force", "time_in_force", HOW_ENUM, TIMES_IN_FORCE},
    {"side", "side", HOW_ENUM, LOWER_SIDES},
    {"order_type", "native_type", HOW_SAME, NULL},
    {"order_type", "type", HOW_ENUM,
     "limit=limit market=market iceberg=limit stop-loss=market stop-loss-limit=limit take-profit=market "
     "take-profit-limit=limit trailing-stop=market"},
    {"order_status", "native_status", HOW_SAME, NULL},
    {"order_status", "status", HOW_ENUM,
     "pending_new=open/untriggered partially_filled=open filled=filled canceled=canceled expired=expired"},
    {"reason>cancel_reason", "reason", HOW_SAME, NULL},
    {"margin", "margin_mode", HOW_ENUM, "true=cross"},
    {"!timestamp", "updated_ns", HOW_ISO, NULL},
};

static const map_field v2_fill_fields[] = {
    {"exec_id", "id", HOW_SAME, NULL},
    {"order_id", "order_id", HOW_SAME, NULL},
    {"symbol", "market_id", HOW_SAME, NULL},
    {"side", "side", HOW_ENUM, LOWER_SIDES},
    {"liquidity_ind", "role", HOW_ENUM, "m=maker t=taker"},
    {"last_price", "price", HOW_SAME, NULL},
    {"last_qty", "amount", HOW_SAME, NULL},
    {"cost", "cost", HOW_SAME, NULL},
    {"fees[0].qty", "fee", HOW_SAME, NULL},
    {"fees[0].asset", "fee_currency", HOW_SAME, NULL},
    {"!timestamp", "time_ns", HOW_ISO, NULL},
};

static const map_field v2_balance_fields[] = {
    {"asset", "currency", HOW_SAME, NULL},
    {"wallets[0].balance>balance", "total", HOW_SAME, NULL},
    {"wallet_type", "wallet", HOW_ENUM, "spot=spot earn=earn"},
    {"!timestamp", "time_ns", HOW_ISO, NULL},
};

static const map_family kraken[] = {
    FAMILY(TICKER, "ticker", "data", "", v2_ticker_fields, ""),
    FAMILY(TRADE, "trade", "data", "", v2_trade_fields, "cost=price*amount"),
    FAMILY(CANDLE, "ohlc", "data", "", v2_candle_fields, ""),
    FAMILY_OF_SOME(ORDER, "executions", "data", v2_order_fields, "remaining"),
    FAMILY_OF_SOME(FILL, "executions", "data", v2_fill_fields, ""),
    FAMILY(BALANCE, "balances", "data", "", v2_balance_fields, ""),
};

static const map_field futures_ticker_fields[] = {
    {"time", "time_ns", HOW_MS, NULL},
    {"bid", "bid", HOW_SAME, NULL},
    {"ask", "ask", HOW_SAME, NULL},
    {"bid_size", "bid_amount", HOW_SAME, NULL},
    {"ask_size", "ask_amount", HOW_SAME, NULL},
    {"volume", "contracts_volume", HOW_SAME, NULL},
    {"volumeQuote", "quote_volume", HOW_SAME, NULL},
    {"index", "index_price", HOW_SAME, NULL},
    {"markPrice", "mark_price", HOW_SAME, NULL},
    {"last", "last", HOW_SAME, NULL},
    {"change", "percent", HOW_SAME, NULL},
    {"openInterest", "open_interest", HOW_SAME, NULL},
    {"open", "open", HOW_SAME, NULL},
    {"high", "high", HOW_SAME, NULL},
    {"low", "low", HOW_SAME, NULL},
    {"product_id", "id", HOW_SAME, NULL},
};

static const map_field futures_trade_fields[] = {
    {"uid", "id", HOW_SAME, NULL},     {"side", "side", HOW_ENUM, LOWER_SIDES}, {"!time", "time_ns", HOW_MS, NULL},
    {"qty", "amount", HOW_SAME, NULL}, {"qty", "contracts", HOW_SAME, NULL},    {"price", "price", HOW_SAME, NULL},
};

static const map_field open_order_fields[] = {
    {"instrument", "market_id", HOW_SAME, NULL},
    {"time", "created_ns", HOW_MS, NULL},
    {"last_update_time", "updated_ns", HOW_MS, NULL},
    {"filled", "filled_contracts", HOW_SAME, NULL},
    {"limit_price", "price", HOW_ZERO, NULL},
    {"stop_price", "stop_loss_price|take_profit_price", HOW_ZERO, NULL},
    {"type", "native_type", HOW_SAME, NULL},
    {"type", "type", HOW_ENUM, "limit=limit market=market"},
    {"order_id", "id", HOW_SAME, NULL},
    {"cli_ord_id", "client_order_id", HOW_SAME, NULL},
    {"direction", "side", HOW_ENUM, "0=buy 1=sell"},
    {"reduce_only", "reduce_only", HOW_ENUM, YES_NO},
    {"triggerSignal", "trigger_by", HOW_ENUM, "last=last mark=mark spot=index"},
    {"reason", "native_status", HOW_SAME, NULL},
    {"reason", "status", HOW_ENUM,
     "new_placed_order_by_user=open/untriggered full_fill=filled cancelled_by_user=canceled "
     "post_order_failed_because_it_would_filled=rejected post_order_failed_because_it_would_be_filled=rejected"},
};
static const map_field no_fields[] = {{"@nothing", "symbol", HOW_SAME, NULL}};
static const map_field verbose_order_fields[] = {
    {"instrument", "market_id", HOW_SAME, NULL},
    {"time", "created_ns", HOW_MS, NULL},
    {"last_update_time", "updated_ns", HOW_MS, NULL},
    {"qty", "contracts", HOW_SAME, NULL},
    {"filled", "filled_contracts", HOW_SAME, NULL},
    {"limit_price", "price", HOW_ZERO, NULL},
    {"stop_price", "stop_loss_price|take_profit_price", HOW_ZERO, NULL},
    {"type", "native_type", HOW_SAME, NULL},
    {"order_id", "id", HOW_SAME, NULL},
    {"direction", "side", HOW_ENUM, "0=buy 1=sell"},
    {"reduce_only", "reduce_only", HOW_ENUM, YES_NO},
    {"reason", "native_status", HOW_SAME, NULL},
    {"reason", "status", HOW_ENUM, "post_order_failed_because_it_would_be_filled=rejected"},
};

static const map_field futures_own_fields[] = {
    {"instrument", "market_id", HOW_SAME, NULL},
    {"time", "time_ns", HOW_MS, NULL},
    {"price", "price", HOW_SAME, NULL},
    {"buy", "side", HOW_ENUM, "true=buy false=sell"},
    {"qty", "contracts", HOW_SAME, NULL},
    {"order_id", "order_id", HOW_SAME, NULL},
    {"cli_ord_id", "client_order_id", HOW_SAME, NULL},
    {"fill_id", "id", HOW_SAME, NULL},
    {"fill_type", "role", HOW_ENUM, "maker=maker taker=taker"},
    {"fee_paid", "fee", HOW_SAME, NULL},
    {"fee_currency", "fee_currency", HOW_SAME, NULL},
};

/* Of a message with a mark price two records come, one for each channel it serves. */
static const map_family kraken_futures[] = {
    FAMILY_OF_ANY(TICKER, "ticker", "", futures_ticker_fields, ""),
    FAMILY_OF_ANY(TICKER, "ticker_lite", "", futures_ticker_fields, ""),
    FAMILY(TRADE, "trade", "", "", futures_trade_fields, "cost=price*amount"),
    FAMILY_BACK(TRADE, "trade_snapshot", "trades", futures_trade_fields, "cost=price*amount"),
    FAMILY(ORDER, "open_orders", "", "order", open_order_fields, "amount contracts"),
    FAMILY(ORDER, "open_orders_snapshot", "orders", "", open_order_fields, "amount contracts"),
    FAMILY(ORDER, "open_orders_verbose", "", "order", verbose_order_fields, "amount contracts remaining"),
    FAMILY(ORDER, "open_orders_verbose_snapshot", "orders", "", verbose_order_fields, "amount contracts remaining"),
    FAMILY_OF_ANY(BALANCE, "balances", "", no_fields, "used"),
    FAMILY_OF_ANY(BALANCE, "balances_snapshot", "", no_fields, "used"),
    FAMILY(FILL, "fills", "fills", "", futures_own_fields, "cost=price*contracts"),
    FAMILY(FILL, "fills_snapshot", "fills", "", futures_own_fields, "cost=price*contracts"),
};

/* --- Coinbase --- */

static const map_field coinbase_ticker_fields[] = {
    {"events[0].tickers[0].product_id", "id", HOW_SAME, NULL},
    {"events[0].tickers[0].price", "last", HOW_SAME, NULL},
    {"events[0].tickers[0].volume_24_h", "base_volume", HOW_SAME, NULL},
    {"events[0].tickers[0].low_24_h", "low", HOW_SAME, NULL},
    {"events[0].tickers[0].high_24_h", "high", HOW_SAME, NULL},
    {"events[0].tickers[0].price_percent_chg_24_h", "percent", HOW_SAME, NULL},
    {"events[0].tickers[0].best_bid", "bid", HOW_SAME, NULL},
    {"events[0].tickers[0].best_bid_quantity", "bid_amount", HOW_SAME, NULL},
    {"events[0].tickers[0].best_ask", "ask", HOW_SAME, NULL},
    {"events[0].tickers[0].best_ask_quantity", "ask_amount", HOW_SAME, NULL},
    {"timestamp", "time_ns", HOW_ISO, NULL},
};

static const map_field coinbase_trade_fields[] = {
    {"trade_id", "id", HOW_SAME, NULL},
    {"price", "price", HOW_SAME, NULL},
    {"size", "amount", HOW_SAME, NULL},
    {"time", "time_ns", HOW_ISO, NULL},
    {"side", "side", HOW_ENUM, "BUY=sell SELL=buy"},
};

static const map_field coinbase_candle_fields[] = {
    {"start", "time_ns", HOW_SECONDS, NULL}, {"high", "high", HOW_SAME, NULL},   {"low", "low", HOW_SAME, NULL},
    {"open", "open", HOW_SAME, NULL},        {"close", "close", HOW_SAME, NULL}, {"volume", "volume", HOW_SAME, NULL},
};

static const map_field coinbase_order_fields[] = {
    {"order_id", "id", HOW_SAME, NULL},
    {"client_order_id", "client_order_id", HOW_SAME, NULL},
    {"product_id", "market_id", HOW_SAME, NULL},
    {"status", "native_status", HOW_SAME, NULL},
    {"status", "status", HOW_ENUM, "PENDING=pending OPEN=open FILLED=filled CANCELLED=canceled"},
    {"order_side", "side", HOW_ENUM, "BUY=buy SELL=sell"},
    {"order_type", "native_type", HOW_SAME, NULL},
    {"order_type", "type", HOW_ENUM, "Limit=limit Market=market"},
    {"time_in_force", "time_in_force", HOW_ENUM, "GOOD_UNTIL_CANCELLED=good_till_canceled"},
    {"limit_price", "price", HOW_ZERO, NULL},
    {"avg_price", "average", HOW_ZERO, NULL},
    {"cumulative_quantity", "filled", HOW_SAME, NULL},
    {"leaves_quantity", "remaining", HOW_SAME, NULL},
    {"filled_value", "cost", HOW_SAME, NULL},
    {"total_fees", "fee", HOW_SAME, NULL},
    {"post_only", "post_only", HOW_ENUM, "true=true false=false"},
    {"creation_time", "created_ns", HOW_ISO, NULL},
};

static const map_field coinbase_position_fields[] = {
    {"product_id", "market_id", HOW_SAME, NULL},
    {"side", "side", HOW_ENUM, "LONG=long SHORT=short Long=long Short=short"},
    {"number_of_contracts", "contracts", HOW_SAME, NULL},
    {"entry_price", "entry_price", HOW_SAME, NULL},
    {"unrealized_pnl", "unrealized_pnl", HOW_SAME, NULL},
    {"realized_pnl", "realized_pnl", HOW_SAME, NULL},
};

static const map_field coinbase_balance_fields[] = {
    {"events[0].fcm_balance_summary.cfm_usd_balance", "total", HOW_SAME, NULL},
    {"events[0].fcm_balance_summary.available_margin", "free", HOW_SAME, NULL},
    {"events[0].fcm_balance_summary.initial_margin", "used", HOW_SAME, NULL},
    {"events[0].fcm_balance_summary.unrealized_pnl", "unrealized_pnl", HOW_SAME, NULL},
};

static const map_family coinbase[] = {
    FAMILY(TICKER, "ticker", "", "", coinbase_ticker_fields, ""),
    FAMILY(TICKER, "ticker_batch", "", "", coinbase_ticker_fields, ""),
    FAMILY_SORTED(TRADE, "market_trades", "events[0].trades", coinbase_trade_fields, "cost=price*amount"),
    FAMILY(CANDLE, "candles", "events[0].candles", "", coinbase_candle_fields, ""),
    FAMILY(ORDER, "user", "events[0].orders", "", coinbase_order_fields, "amount"),
    FAMILY(POSITION, "user", "events[0].positions.expiring_futures_positions", "", coinbase_position_fields, "amount"),
    FAMILY(BALANCE, "futures_balance_summary", "", "", coinbase_balance_fields, "equity"),
};

/* --- OKX: sizes of contracts are numbers of contracts, and what is paid of a fee is below zero --- */

static const map_field okx_ticker_fields[] = {
    {"arg.instId", "id", HOW_SAME, NULL}, {"!last", "last", HOW_SAME, NULL},
    {"!askPx", "ask", HOW_SAME, NULL},    {"!bidPx", "bid", HOW_SAME, NULL},
    {"!open24h", "open", HOW_SAME, NULL}, {"!high24h", "high", HOW_SAME, NULL},
    {"!low24h", "low", HOW_SAME, NULL},   {"!markPx", "mark_price", HOW_SAME, NULL},
    {"!ts", "time_ns", HOW_MS, NULL},
};

static const map_field okx_best_fields[] = {
    {"arg.instId", "id", HOW_SAME, NULL},          {"!asks[0][0]", "ask", HOW_SAME, NULL},
    {"!asks[0][1]", "ask_amount", HOW_SAME, NULL}, {"!bids[0][0]", "bid", HOW_SAME, NULL},
    {"!bids[0][1]", "bid_amount", HOW_SAME, NULL}, {"!ts", "time_ns", HOW_MS, NULL},
    {"!seqId", "update_id", HOW_SAME, NULL},
};

static const map_field okx_trade_fields[] = {
    {"!tradeId", "id", HOW_SAME, NULL},
    {"!px", "price", HOW_SAME, NULL},
    {"!sz", "amount|contracts", HOW_SAME, NULL},
    {"!side", "side", HOW_ENUM, LOWER_SIDES},
    {"!ts", "time_ns", HOW_MS, NULL},
};

static const map_field okx_forced_fields[] = {
    {"!bkPx", "price", HOW_SAME, NULL},
    {"!sz", "contracts", HOW_SAME, NULL},
    {"!side", "side", HOW_ENUM, LOWER_SIDES},
    {"!ts", "time_ns", HOW_MS, NULL},
};

static const map_field okx_candle_fields[] = {
    {"[0]", "time_ns", HOW_MS, NULL}, {"[1]", "open", HOW_SAME, NULL},  {"[2]", "high", HOW_SAME, NULL},
    {"[3]", "low", HOW_SAME, NULL},   {"[4]", "close", HOW_SAME, NULL}, {"[8]", "closed", HOW_ENUM, "0=false 1=true"},
};

static const map_field okx_price_candle_fields[] = {
    {"[0]", "time_ns", HOW_MS, NULL}, {"[1]", "open", HOW_SAME, NULL},  {"[2]", "high", HOW_SAME, NULL},
    {"[3]", "low", HOW_SAME, NULL},   {"[4]", "close", HOW_SAME, NULL}, {"[5]", "closed", HOW_ENUM, "0=false 1=true"},
};

static const map_field okx_order_fields[] = {
    {"!ordId", "id", HOW_SAME, NULL},
    {"!clOrdId", "client_order_id", HOW_SAME, NULL},
    {"!instId", "market_id", HOW_SAME, NULL},
    {"!state", "native_status", HOW_SAME, NULL},
    {"!state", "status", HOW_ENUM, "live=open partially_filled=open filled=filled canceled=canceled"},
    {"!side", "side", HOW_ENUM, LOWER_SIDES},
    {"!posSide", "position_side", HOW_ENUM, "long=long short=short"},
    {"!tdMode", "margin_mode", HOW_ENUM, "cross=cross isolated=isolated"},
    {"!ordType", "native_type", HOW_SAME, NULL},
    {"!ordType", "type", HOW_ENUM, "limit=limit market=market post_only=limit ioc=limit fok=limit"},
    {"!px", "price", HOW_SAME, NULL},
    {"!sz", "contracts|amount|requested_cost", HOW_SAME, NULL},
    {"!accFillSz", "filled_contracts|filled", HOW_SAME, NULL},
    {"!avgPx", "average", HOW_ZERO, NULL},
    {"!fee", "fee", HOW_NEGATED, NULL},
    {"!feeCcy", "fee_currency", HOW_SAME, NULL},
    {"!cTime", "created_ns", HOW_MS, NULL},
    {"!uTime", "updated_ns", HOW_MS, NULL},
};

static const map_field okx_own_fields[] = {
    {"!tradeId", "id", HOW_SAME, NULL},
    {"!ordId", "order_id", HOW_SAME, NULL},
    {"!instId", "market_id", HOW_SAME, NULL},
    {"!side", "side", HOW_ENUM, LOWER_SIDES},
    {"!execType", "role", HOW_ENUM, "M=maker T=taker"},
    {"!fillPx", "price", HOW_SAME, NULL},
    {"!fillSz", "amount|contracts", HOW_SAME, NULL},
    {"!fillFee", "fee", HOW_NEGATED, NULL},
    {"!fillFeeCcy", "fee_currency", HOW_SAME, NULL},
    {"!fillTime>!ts", "time_ns", HOW_MS, NULL},
};

static const map_field okx_algo_fields[] = {
    {"!algoId", "id", HOW_TAIL, NULL},
    {"!instId", "market_id", HOW_SAME, NULL},
    {"!algoClOrdId", "client_order_id", HOW_SAME, NULL},
    {"!state", "native_status", HOW_SAME, NULL},
    {"!state", "status", HOW_ENUM, "live=untriggered effective=triggered canceled=canceled order_failed=rejected"},
    {"!side", "side", HOW_ENUM, LOWER_SIDES},
    {"!ordType", "native_type", HOW_SAME, NULL},
    {"!sz", "contracts|amount|requested_cost", HOW_SAME, NULL},
    {"!triggerPx", "trigger_price|stop_loss_price|take_profit_price", HOW_SAME, NULL},
    {"!slTriggerPx", "stop_loss_price", HOW_SAME, NULL},
    {"!tpTriggerPx", "take_profit_price", HOW_SAME, NULL},
    {"!triggerPxType", "trigger_by", HOW_ENUM, "last=last index=index mark=mark"},
    {"!cTime", "created_ns", HOW_MS, NULL},
};

static const map_field okx_balance_fields[] = {
    {"!ccy", "currency", HOW_SAME, NULL},
    {"!cashBal", "total", HOW_SAME, NULL},
    {"!frozenBal", "used", HOW_SAME, NULL},
    {"!eq", "equity", HOW_SAME, NULL},
};

static const map_field okx_position_fields[] = {
    {"!instId", "market_id", HOW_SAME, NULL},
    {"!posId", "id", HOW_SAME, NULL},
    {"!pos", "contracts", HOW_SIZE, NULL},
    {"!avgPx", "entry_price", HOW_SAME, NULL},
    {"!markPx", "mark_price", HOW_SAME, NULL},
    {"!liqPx", "liquidation_price", HOW_SAME, NULL},
    {"!upl", "unrealized_pnl", HOW_SAME, NULL},
    {"!lever", "leverage", HOW_SAME, NULL},
    {"!margin", "margin", HOW_SAME, NULL},
    {"!mmr", "maintenance_margin", HOW_SAME, NULL},
    {"!posSide", "side", HOW_ENUM, "long=long short=short"},
    {"!mgnMode", "margin_mode", HOW_ENUM, "cross=cross isolated=isolated"},
};

#define OKX_SIZES "amount filled remaining cost fee"

static const map_family okx[] = {
    FAMILY(TICKER, "tickers", "data", "", okx_ticker_fields, "last_amount ask_amount bid_amount change percent"),
    FAMILY(TICKER, "mark-price", "data", "", okx_ticker_fields, ""),
    FAMILY(TICKER, "bbo-tbt", "data", "", okx_best_fields, ""),
    FAMILY(TRADE, "trades", "data", "", okx_trade_fields, "cost=price*amount"),
    FAMILY(TRADE, "liquidation-orders", "data details", "", okx_forced_fields, "amount cost"),
    FAMILY(CANDLE, "*price-candle*", "data", "", okx_price_candle_fields, ""),
    FAMILY(CANDLE, "index-candle*", "data", "", okx_price_candle_fields, ""),
    FAMILY(CANDLE, "candle*", "data", "", okx_candle_fields, "volume"),
    FAMILY(ORDER, "orders", "data", "", okx_order_fields, OKX_SIZES),
    FAMILY_OF_SOME(FILL, "orders", "data", okx_own_fields, OKX_SIZES),
    FAMILY(ORDER, "orders-algo", "data", "", okx_algo_fields, OKX_SIZES),
    FAMILY(ORDER, "algo-advance", "data", "", okx_algo_fields, OKX_SIZES),
    FAMILY(BALANCE, "account", "data details", "", okx_balance_fields, "free"),
    FAMILY(POSITION, "positions", "data", "", okx_position_fields, "amount"),
};

/* --- Bybit: what is "" or "0" is not told; sizes of contracts are numbers of contracts --- */

static const map_field bybit_ticker_fields[] = {
    {"ts", "time_ns", HOW_MS, NULL},
    {"lastPrice", "last", HOW_SAME, NULL},
    {"bid1Price>bidPrice", "bid", HOW_ZERO, NULL},
    {"bid1Size>bidSize", "bid_amount", HOW_ZERO, NULL},
    {"ask1Price>askPrice", "ask", HOW_ZERO, NULL},
    {"ask1Size>askSize", "ask_amount", HOW_ZERO, NULL},
    {"prevPrice24h", "open", HOW_SAME, NULL},
    {"highPrice24h", "high", HOW_SAME, NULL},
    {"lowPrice24h", "low", HOW_SAME, NULL},
    {"volume24h", "base_volume|contracts_volume", HOW_SAME, NULL},
    {"turnover24h", "quote_volume|base_volume", HOW_SAME, NULL},
    {"markPrice", "mark_price", HOW_SAME, NULL},
    {"indexPrice", "index_price", HOW_SAME, NULL},
    {"openInterest", "open_interest", HOW_SAME, NULL},
};

static const map_field bybit_best_fields[] = {
    {"s", "id", HOW_SAME, NULL},
    {"b[0][0]", "bid", HOW_SAME, NULL},
    {"b[0][1]", "bid_amount", HOW_SAME, NULL},
    {"a[0][0]", "ask", HOW_SAME, NULL},
    {"a[0][1]", "ask_amount", HOW_SAME, NULL},
    {"u", "update_id", HOW_SAME, NULL},
};

static const map_field bybit_trade_fields[] = {
    {"!i", "id", HOW_SAME, NULL},          {"!p", "price", HOW_SAME, NULL}, {"!v", "amount|contracts", HOW_SAME, NULL},
    {"!S", "side", HOW_ENUM, BYBIT_SIDES}, {"!T", "time_ns", HOW_MS, NULL},
};

/* The side is that of the position that was closed. */
static const map_field bybit_forced_fields[] = {
    {"!p", "price", HOW_SAME, NULL},
    {"!v", "amount|contracts", HOW_SAME, NULL},
    {"!S", "side", HOW_ENUM, "Buy=sell Sell=buy"},
    {"!T", "time_ns", HOW_MS, NULL},
};

static const map_field bybit_candle_fields[] = {
    {"!start", "time_ns", HOW_MS, NULL},
    {"!open", "open", HOW_SAME, NULL},
    {"!high", "high", HOW_SAME, NULL},
    {"!low", "low", HOW_SAME, NULL},
    {"!close", "close", HOW_SAME, NULL},
    {"!volume", "volume", HOW_SAME, NULL},
    {"!turnover", "quote_volume", HOW_SAME, NULL},
    {"!confirm", "closed", HOW_ENUM, YES_NO},
};

static const map_field bybit_order_fields[] = {
    {"!orderId", "id", HOW_SAME, NULL},
    {"!orderLinkId", "client_order_id", HOW_SAME, NULL},
    {"!symbol", "market_id", HOW_SAME, NULL},
    {"!orderStatus", "native_status", HOW_SAME, NULL},
    {"!orderStatus", "status", HOW_ENUM,
     "New=open PartiallyFilled=open Filled=filled Cancelled=canceled PartiallyFilledCanceled=canceled "
     "Rejected=rejected "
     "Untriggered=untriggered Triggered=open Deactivated=canceled"},
    {"!side", "side", HOW_ENUM, BYBIT_SIDES},
    {"!positionIdx", "position_side", HOW_ENUM, "1=long 2=short"},
    {"!orderType", "type", HOW_ENUM, "Limit=limit Market=market"},
    {"!price?-avgPrice", "price", HOW_ZERO, NULL},
    {"!qty", "contracts|amount|requested_cost", HOW_SAME, NULL},
    {"!cumExecQty", "filled_contracts|filled", HOW_SAME, NULL},
    {"!cumExecValue", "cost", HOW_ZERO, NULL},
    {"!avgPrice", "average", HOW_ZERO, NULL},
    {"!triggerPrice", "trigger_price|stop_loss_price|take_profit_price", HOW_ZERO, NULL},
    {"!reduceOnly", "reduce_only", HOW_ENUM, "true=true"},
    {"!createdTime", "created_ns", HOW_MS, NULL},
    {"!updatedTime", "updated_ns", HOW_MS, NULL},
};

static const map_field bybit_fill_fields[] = {
    {"!execId", "id", HOW_SAME, NULL},
    {"!orderId", "order_id", HOW_SAME, NULL},
    {"!symbol", "market_id", HOW_SAME, NULL},
    {"!side", "side", HOW_ENUM, BYBIT_SIDES},
    {"!isMaker", "role", HOW_ENUM, MAKERS},
    {"!execPrice", "price", HOW_SAME, NULL},
    {"!execQty", "contracts|amount", HOW_SAME, NULL},
    {"!execValue", "cost", HOW_SAME, NULL},
    {"!execFee", "fee", HOW_SAME, NULL},
    {"!feeCurrency", "fee_currency", HOW_SAME, NULL},
    {"!execPnl", "realized_pnl", HOW_SAME, NULL},
    {"!execTime", "time_ns", HOW_MS, NULL},
};

static const map_field bybit_position_fields[] = {
    {"!symbol", "market_id", HOW_SAME, NULL},
    {"!side", "side", HOW_ENUM, "Buy=long Sell=short"},
    {"!size", "contracts", HOW_SAME, NULL},
    {"!entryPrice", "entry_price", HOW_ZERO, NULL},
    {"!markPrice", "mark_price", HOW_SAME, NULL},
    {"!liqPrice", "liquidation_price", HOW_ZERO, NULL},
    {"!unrealisedPnl", "unrealized_pnl", HOW_SAME, NULL},
    {"!leverage", "leverage", HOW_ZERO, NULL},
    {"!positionIM", "initial_margin", HOW_SAME, NULL},
    {"!positionMM", "maintenance_margin", HOW_SAME, NULL},
};

static const map_field bybit_balance_fields[] = {
    {"!coin", "currency", HOW_SAME, NULL},
    {"!walletBalance", "total", HOW_SAME, NULL},
    {"!locked", "used", HOW_SAME, NULL},
    {"!equity", "equity", HOW_SAME, NULL},
    {"!unrealisedPnl", "unrealized_pnl", HOW_SAME, NULL},
    {"!accruedInterest", "interest", HOW_SAME, NULL},
};

#define BYBIT_SIZES "amount contracts filled filled_contracts remaining cost fee"

/* Of a ticker a record comes for each channel it serves. */
static const map_family bybit[] = {
    FAMILY_OF_ANY(TICKER, "tickers*", "data", bybit_ticker_fields, "change percent base_volume"),
    FAMILY(TICKER, "orderbook.1.*", "", "data", bybit_best_fields, ""),
    FAMILY(TRADE, "publicTrade*", "data", "", bybit_trade_fields, "cost=price*amount"),
    FAMILY(TRADE, "allLiquidation*", "data", "", bybit_forced_fields, "cost=price*amount"),
    FAMILY(CANDLE, "kline*", "data", "", bybit_candle_fields, ""),
    FAMILY(ORDER, "order", "data", "", bybit_order_fields, BYBIT_SIZES),
    FAMILY(ORDER, "order.*", "data", "", bybit_order_fields, BYBIT_SIZES),
    FAMILY_OF_SOME(FILL, "execution*", "data", bybit_fill_fields, BYBIT_SIZES),
    FAMILY(POSITION, "position*", "data", "", bybit_position_fields, "amount notional"),
    FAMILY(BALANCE, "wallet", "data coin", "", bybit_balance_fields, "free net borrowed"),
};

static const map_exchange maps[] = {
    {.id = "bybit", .families = bybit, .family_count = COUNT(bybit)},
    {.id = "okx", .families = okx, .family_count = COUNT(okx)},
    {.id = "coinbase", .families = coinbase, .family_count = COUNT(coinbase)},
    {.id = "binance", .families = binance, .family_count = COUNT(binance)},
    {.id = "binance-usdm", .families = binance, .family_count = COUNT(binance)},
    {.id = "kraken", .families = kraken, .family_count = COUNT(kraken)},
    {.id = "kraken-futures", .families = kraken_futures, .family_count = COUNT(kraken_futures)},
};

const map_exchange *socket_map_of(const char *exchange) {
  for (uint32_t i = 0; i < COUNT(maps); i++)
    if (strcmp(maps[i].id, exchange) == 0) return &maps[i];
  return NULL;
}

/* What an exchange wraps its events in. */
const json *socket_event(const json *message) {
  if (json_get(message, "data") != NULL && json_get(message, "stream") != NULL) return json_get(message, "data");
  if (json_get(message, "data") != NULL && json_get(message, "arg") != NULL) return message;
  return json_get(message, "event") != NULL ? json_get(message, "event") : message;
}

const char *socket_event_type(const json *event) {
  const json *one = event != NULL && event->kind == JSON_ARRAY ? event->first : event;
  const char *type = json_text_of(one, "e");
  if (type == NULL) type = json_text_of(one, "channel");
  if (type == NULL) type = json_text_of(json_get(one, "arg"), "channel");
  if (type == NULL) type = json_text_of(one, "feed");
  if (type == NULL) type = json_text_of(one, "topic");
  if (type != NULL) return type;
  return json_get(one, "u") != NULL && json_get(one, "A") != NULL ? "bookTicker" : "";
}
