/* exchange/bybit/words.c - what orders, fills, positions and balances say, in replies and in streams alike. */
#include <string.h>

#include "exchange/bybit/bybit.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Words --- */

const bourse_name bourse__bybit_sides[] = BOURSE_SIDE_NAMES("Buy", "Sell");

const bourse_name bourse__bybit_self_trades[] = {
    {"None", BOURSE_SELF_TRADE_ALLOW},
    {"CancelMaker", BOURSE_SELF_TRADE_CANCEL_MAKER},
    {"CancelTaker", BOURSE_SELF_TRADE_CANCEL_TAKER},
    {"CancelBoth", BOURSE_SELF_TRADE_CANCEL_BOTH},
    {NULL, 0},
};

const bourse_name bourse__bybit_trigger_prices[] = {
    {"LastPrice", BOURSE_PRICE_LAST},
    {"MarkPrice", BOURSE_PRICE_MARK},
    {"IndexPrice", BOURSE_PRICE_INDEX},
    {NULL, 0},
};

/* An order that has fired lives on under its id. */
static const bourse_name statuses[] = {
    {"New", BOURSE_ORDER_OPEN},
    {"PartiallyFilled", BOURSE_ORDER_OPEN},
    {"Untriggered", BOURSE_ORDER_UNTRIGGERED},
    {"Triggered", BOURSE_ORDER_OPEN},
    {"Filled", BOURSE_ORDER_FILLED},
    {"Cancelled", BOURSE_ORDER_CANCELED},
    {"PartiallyFilledCanceled", BOURSE_ORDER_CANCELED},
    {"Deactivated", BOURSE_ORDER_CANCELED},
    {"Rejected", BOURSE_ORDER_REJECTED},
    {NULL, 0},
};

static const bourse_name types[] = {{"Market", BOURSE_ORDER_MARKET}, {"Limit", BOURSE_ORDER_LIMIT}, {NULL, 0}};

static const bourse_name times_in_force[] = {
    {"GTC", BOURSE_GOOD_TILL_CANCELED},      {"IOC", BOURSE_IMMEDIATE_OR_CANCEL}, {"FOK", BOURSE_FILL_OR_KILL},
    {"PostOnly", BOURSE_GOOD_TILL_CANCELED}, {"RPI", BOURSE_GOOD_TILL_CANCELED},  {NULL, 0},
};

static const bourse_name position_sides[] = {
    {"0", BOURSE_POSITION_BOTH}, {"1", BOURSE_POSITION_LONG}, {"2", BOURSE_POSITION_SHORT}, {NULL, 0}};

/* "" and these words mean "none". */
static int32_t says_nothing(bourse_slice text) {
  return text.length == 0 || bourse_slice_is(text, "UNKNOWN") || bourse_slice_is(text, "EC_NoError");
}

/* Unified symbol and the exchange's id; where the market is not listed the id alone. */
static int32_t name_market(bourse_arena *arena, const bourse_market *market, bourse_slice id, const char **names) {
  names[0] = market == NULL ? NULL : market->symbol;
  names[1] = market != NULL ? market->id : bourse_arena_copy(arena, id.data == NULL ? "" : id.data, id.length);
  return names[1] != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

/* --- Orders --- */

#define ORDER(name_, as_, member_)          BOURSE_FIELD(name_, as_, bourse__bybit_order_row, member_)
#define ORDER_AS(name_, member_, function_) BOURSE_FIELD_CUSTOM(name_, bourse__bybit_order_row, member_, function_)

static const bourse_field order_fields[] = {
    ORDER("category", SLICE, category),
    ORDER("symbol", SLICE, symbol),
    BOURSE_FIELD_MUST("orderId", ID, bourse__bybit_order_row, order.id),
    ORDER_AS("orderLinkId", order.client_order_id, bourse__bybit_read_text),
    BOURSE_FIELD_ENUM("side", bourse__bybit_order_row, order.side, bourse__bybit_sides),
    ORDER("isLeverage", SLICE, is_leverage),
    BOURSE_FIELD_ENUM("positionIdx", bourse__bybit_order_row, order.position_side, position_sides),
    BOURSE_FIELD_MUST("orderStatus", STRING, bourse__bybit_order_row, order.native_status),
    ORDER("cancelType", SLICE, cancel_type),
    ORDER("rejectReason", SLICE, reject_reason),
    ORDER("timeInForce", SLICE, time_in_force),
    ORDER_AS("price", order.price, bourse_decode_nonzero),
    ORDER_AS("qty", amount, bourse_decode_nonzero),
    ORDER_AS("avgPrice", order.average, bourse_decode_nonzero),
    ORDER("cumExecQty", DECIMAL, filled),
    ORDER("cumExecValue", DECIMAL, value),
    ORDER("cumExecFee", DECIMAL, order.fee),
    ORDER("orderType", STRING, order.native_type),
    ORDER("stopOrderType", SLICE, stop_type),
    ORDER_AS("triggerPrice", trigger_price, bourse_decode_nonzero),
    ORDER_AS("takeProfit", order.take_profit_price, bourse_decode_nonzero),
    ORDER_AS("stopLoss", order.stop_loss_price, bourse_decode_nonzero),
    BOURSE_FIELD_ENUM("triggerBy", bourse__bybit_order_row, order.trigger_by, bourse__bybit_trigger_prices),
    ORDER("triggerDirection", INT32, direction),
    ORDER("reduceOnly", BOOL, order.reduce_only),
    BOURSE_FIELD_ENUM("smpType", bourse__bybit_order_row, order.self_trade, bourse__bybit_self_trades),
    ORDER("marketUnit", SLICE, market_unit),
    ORDER_AS("createdTime", order.created_ns, bourse_decode_time_ms),
    ORDER_AS("updatedTime", order.updated_ns, bourse_decode_time_ms),
    ORDER_AS("feeCurrency", order.fee_currency, bourse__bybit_read_text),
    ORDER("cumFeeDetail", RAW, fees),
};
const bourse_table bourse__bybit_order_table = BOURSE_TABLE(order_fields);

/* {"USDT": "0.0048"}: where fees are of one currency they are told. */
static void finish_fee(bourse_arena *arena, const bourse_market *market, bourse__bybit_order_row *row) {
  bourse_decoder decoder;
  bourse_slice key, first = {NULL, 0};
  bourse_decimal fee;
  uint32_t count = 0;
  memset(&fee, 0, sizeof fee);
  bourse_decode_init(&decoder, arena, row->fees.data == NULL ? "{}" : row->fees.data,
                     row->fees.data == NULL ? 2 : row->fees.length, NULL);
  if (bourse_json_kind(&decoder.json) == BOURSE_JSON_OBJECT && bourse_json_object_begin(&decoder.json))
    while (bourse_json_object_next(&decoder.json, &key)) {
      if (bourse_decode_value(&decoder, BOURSE_AS_DECIMAL, NULL, "fee", &fee) != BOURSE_OK) return;
      if (count++ == 0) first = key;
    }
  if (count > 1) {
    memset(&row->order.fee, 0, sizeof row->order.fee);
    row->order.fee_currency = NULL;
  } else if (count == 1 && PRESENT(fee)) {
    row->order.fee = fee;
    row->order.fee_currency = bourse_arena_copy(arena, first.data, first.length);
  } else if (row->order.fee_currency == NULL && market != NULL && market->settle != NULL && PRESENT(row->order.fee)) {
    row->order.fee_currency = market->settle;
  }
}

/* Without a word on it the quantity of a market order that buys on spot is what it may cost. */
static int32_t is_by_cost(int32_t product, const bourse__bybit_order_row *row) {
  if (product != BOURSE_PRODUCT_SPOT || row->order.type != BOURSE_ORDER_MARKET) return 0;
  return row->market_unit.length > 0 ? bourse_slice_is(row->market_unit, "quoteCoin")
                                     : row->order.side == BOURSE_SIDE_BUY;
}

/* On inverse markets quantities are US dollars, and value is in base units. */
static void finish_amounts(int32_t product, const bourse_market *market, bourse__bybit_order_row *row) {
  bourse_order *order = &row->order;
  if (is_by_cost(product, row))
    order->requested_cost = row->amount;
  else if (product != BOURSE_PRODUCT_INVERSE)
    order->amount = row->amount;
  if (product != BOURSE_PRODUCT_SPOT) {
    order->contracts = row->amount;
    order->filled_contracts = row->filled;
  }
  order->filled = product == BOURSE_PRODUCT_INVERSE ? row->value : row->filled;
  order->cost = row->value;
  if (product == BOURSE_PRODUCT_INVERSE) {
    memset(&order->cost, 0, sizeof order->cost);
    if (market != NULL && PRESENT(order->filled_contracts))
      bourse_decimal_mul(&order->cost, &order->filled_contracts, &market->contract_size);
  }
  if (PRESENT(order->amount) && PRESENT(order->filled))
    bourse_decimal_sub(&order->remaining, &order->amount, &order->filled);
}

/* Which way the price must go tells a gain from a loss; orders on a position say it. */
static void finish_trigger(bourse__bybit_order_row *row) {
  bourse_order *order = &row->order;
  order->conditional = PRESENT(row->trigger_price) ? BOURSE_YES : BOURSE_NO;
  if (order->conditional < 0) {
    order->trigger_by = 0;
    return;
  }
  order->trigger_price = row->trigger_price;
  int32_t gains = bourse_slice_contains(row->stop_type, "TakeProfit"),
          stops = bourse_slice_contains(row->stop_type, "StopLoss");
  if (!gains && !stops && row->direction != 0) {
    gains = (row->direction == BOURSE_TRIGGER_RISE) == (order->side == BOURSE_SIDE_SELL);
    stops = !gains;
  }
  if (gains) order->take_profit_price = row->trigger_price;
  if (stops) order->stop_loss_price = row->trigger_price;
}

static int32_t finish_status(bourse_arena *arena, bourse__bybit_order_row *row) {
  bourse_order *order = &row->order;
  order->status = bourse_name_value(statuses, bourse_slice_of(order->native_status));
  if (order->status == 0) order->status = BOURSE_ORDER_UNKNOWN;
  bourse_slice why = !says_nothing(row->reject_reason) ? row->reject_reason : row->cancel_type;
  if (says_nothing(why) || (order->status != BOURSE_ORDER_CANCELED && order->status != BOURSE_ORDER_REJECTED))
    return BOURSE_OK;
  order->reason = bourse_arena_copy(arena, why.data, why.length);
  return order->reason != NULL ? BOURSE_OK : BOURSE_ERROR_MEMORY;
}

int32_t bourse__bybit_finish_order(bourse_arena *arena, int32_t product, const bourse_market *market,
                                   bourse__bybit_order_row *row) {
  bourse_order *order = &row->order;
  const char *names[2];
  int32_t code = name_market(arena, market, row->symbol, names);
  if (code == BOURSE_OK) code = finish_status(arena, row);
  if (code != BOURSE_OK) return code;
  order->symbol = names[0];
  order->market_id = names[1];
  order->type = bourse_name_value(types, bourse_slice_of(order->native_type));
  order->time_in_force = bourse_name_value(times_in_force, row->time_in_force);
  order->post_only = bourse_slice_is(row->time_in_force, "PostOnly") || bourse_slice_is(row->time_in_force, "RPI")
                         ? BOURSE_YES
                         : BOURSE_NO;
  if (product == BOURSE_PRODUCT_SPOT) order->position_side = 0;
  if (product == BOURSE_PRODUCT_SPOT && bourse_slice_is(row->is_leverage, "1"))
    order->margin_mode = BOURSE_MARGIN_CROSS;
  if (order->type == BOURSE_ORDER_MARKET) memset(&order->price, 0, sizeof order->price); /* the bound of its band */
  finish_amounts(product, market, row);
  finish_trigger(row);
  finish_fee(arena, market, row);
  order->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}

/* --- Fills --- */

#define FILL(name_, as_, member_)          BOURSE_FIELD(name_, as_, bourse__bybit_fill_row, member_)
#define FILL_AS(name_, member_, function_) BOURSE_FIELD_CUSTOM(name_, bourse__bybit_fill_row, member_, function_)

static const bourse_field fill_fields[] = {
    FILL("category", SLICE, category),
    FILL("symbol", SLICE, symbol),
    FILL("orderId", ID, fill.order_id),
    FILL_AS("orderLinkId", fill.client_order_id, bourse__bybit_read_text),
    BOURSE_FIELD_ENUM("side", bourse__bybit_fill_row, fill.side, bourse__bybit_sides),
    FILL("execFee", DECIMAL, fill.fee),
    BOURSE_FIELD_MUST("execId", ID, bourse__bybit_fill_row, fill.id),
    BOURSE_FIELD_MUST("execPrice", DECIMAL, bourse__bybit_fill_row, fill.price),
    BOURSE_FIELD_MUST("execQty", DECIMAL, bourse__bybit_fill_row, amount),
    FILL("execType", SLICE, kind),
    FILL("execValue", DECIMAL, value),
    BOURSE_FIELD_MUST("execTime", TIME_MS, bourse__bybit_fill_row, fill.time_ns),
    FILL_AS("feeCurrency", fill.fee_currency, bourse__bybit_read_text),
    FILL("feeRate", DECIMAL, fee_rate),
    FILL("isMaker", BOOL, maker),
    FILL("isLeverage", SLICE, is_leverage),
    FILL("execPnl", DECIMAL, fill.realized_pnl),
};
const bourse_table bourse__bybit_fill_table = BOURSE_TABLE(fill_fields);

int32_t bourse__bybit_is_fill(const bourse__bybit_fill_row *row) {
  return row->kind.length == 0 || bourse_slice_is(row->kind, "Trade") || bourse_slice_is(row->kind, "BlockTrade");
}

/* Contracts pay in the currency they settle in; spot in what is received, and what a maker receives in what is paid. */
static const char *fee_currency(int32_t product, const bourse_market *market, const bourse__bybit_fill_row *row) {
  if (market == NULL) return NULL;
  if (product != BOURSE_PRODUCT_SPOT) return market->settle;
  int32_t rebate = row->maker > 0 && bourse_decimal_sign(&row->fee_rate) < 0;
  return (row->fill.side == BOURSE_SIDE_BUY) != rebate ? market->base : market->quote;
}

int32_t bourse__bybit_finish_fill(bourse_arena *arena, int32_t product, const bourse_market *market,
                                  bourse__bybit_fill_row *row) {
  bourse_fill *fill = &row->fill;
  const char *names[2];
  if (name_market(arena, market, row->symbol, names) != BOURSE_OK) return BOURSE_ERROR_MEMORY;
  fill->symbol = names[0];
  fill->market_id = names[1];
  fill->role = row->maker > 0 ? BOURSE_MAKER : row->maker < 0 ? BOURSE_TAKER : 0;
  if (fill->fee_currency == NULL && PRESENT(fill->fee)) fill->fee_currency = fee_currency(product, market, row);
  if (product == BOURSE_PRODUCT_SPOT && bourse_slice_is(row->is_leverage, "1")) fill->margin_mode = BOURSE_MARGIN_CROSS;
  if (product != BOURSE_PRODUCT_SPOT) fill->contracts = row->amount;
  if (product != BOURSE_PRODUCT_INVERSE) {
    fill->amount = row->amount;
    fill->cost = row->value;
    if (!PRESENT(fill->cost)) bourse_decimal_mul(&fill->cost, &fill->price, &fill->amount);
    return BOURSE_OK;
  }
  fill->amount = row->value;
  if (market != NULL) bourse_decimal_mul(&fill->cost, &fill->contracts, &market->contract_size);
  return BOURSE_OK;
}

/* --- Positions --- */

#define POSITION(name_, as_, member_) BOURSE_FIELD(name_, as_, bourse__bybit_position_row, member_)
#define POSITION_AS(name_, member_) \
  BOURSE_FIELD_CUSTOM(name_, bourse__bybit_position_row, member_, bourse_decode_nonzero)

/* What is avgPrice in replies is entryPrice in messages. */
static const bourse_field position_fields[] = {
    POSITION("category", SLICE, category),
    POSITION("positionIdx", INT32, index),
    POSITION("symbol", SLICE, symbol),
    POSITION("side", SLICE, side),
    BOURSE_FIELD_MUST("size", DECIMAL, bourse__bybit_position_row, size),
    POSITION_AS("avgPrice", position.entry_price),
    POSITION_AS("entryPrice", position.entry_price),
    POSITION("positionValue", DECIMAL, value),
    POSITION("adlRankIndicator", INT32, position.adl_rank),
    POSITION("leverage", DECIMAL, position.leverage),
    POSITION_AS("breakEvenPrice", position.break_even_price),
    POSITION_AS("markPrice", position.mark_price),
    POSITION_AS("liqPrice", position.liquidation_price),
    POSITION("positionMM", DECIMAL, position.maintenance_margin),
    POSITION("positionIM", DECIMAL, position.initial_margin),
    POSITION("unrealisedPnl", DECIMAL, position.unrealized_pnl),
    POSITION("curRealisedPnl", DECIMAL, position.realized_pnl),
    BOURSE_FIELD_CUSTOM("updatedTime", bourse__bybit_position_row, position.time_ns, bourse_decode_time_ms),
};
const bourse_table bourse__bybit_position_table = BOURSE_TABLE(position_fields);

int32_t bourse__bybit_finish_position(bourse_arena *arena, int32_t product, const bourse_market *market,
                                      bourse__bybit_position_row *row) {
  bourse_position *position = &row->position;
  const char *names[2];
  if (name_market(arena, market, row->symbol, names) != BOURSE_OK) return BOURSE_ERROR_MEMORY;
  position->symbol = names[0];
  position->market_id = names[1];
  position->side = bourse_slice_is(row->side, "Buy")    ? BOURSE_POSITION_LONG
                   : bourse_slice_is(row->side, "Sell") ? BOURSE_POSITION_SHORT
                                                        : 0;
  position->hedged = row->index > 0 ? BOURSE_YES : BOURSE_NO;
  if (row->index > 0) position->id = row->index == 1 ? "long" : "short"; /* one that is flat has no side */
  position->contracts = row->size;
  position->margin_currency = market == NULL ? NULL : market->settle;
  if (product != BOURSE_PRODUCT_INVERSE) {
    position->amount = row->size;
    position->notional = row->value;
    return BOURSE_OK;
  }
  position->amount = row->value;
  if (market != NULL) bourse_decimal_mul(&position->notional, &row->size, &market->contract_size);
  return BOURSE_OK;
}

/* --- Balances --- */

#define COIN(name_, member_) BOURSE_FIELD(name_, DECIMAL, bourse__bybit_coin_row, member_)

static const bourse_field coin_fields[] = {
    COIN("accruedInterest", balance.interest),
    COIN("equity", balance.equity),
    COIN("unrealisedPnl", balance.unrealized_pnl),
    COIN("borrowAmount", balance.borrowed),
    BOURSE_FIELD_MUST("walletBalance", DECIMAL, bourse__bybit_coin_row, balance.total),
    COIN("locked", balance.used),
    BOURSE_FIELD_MUST("coin", STRING, bourse__bybit_coin_row, balance.currency),
    COIN("spotBorrow", spot_borrow),
};
const bourse_table bourse__bybit_coin_table = BOURSE_TABLE(coin_fields);

/* What orders on spot hold is told; what margin takes of a currency is not, for all are collateral together. The balance holds
 * what was borrowed on spot. */
void bourse__bybit_finish_coin(bourse__bybit_coin_row *row, int64_t time_ns) {
  bourse_balance *balance = &row->balance;
  balance->wallet = BOURSE_WALLET_UNIFIED;
  balance->time_ns = time_ns;
  if (PRESENT(balance->used)) bourse_decimal_sub(&balance->free, &balance->total, &balance->used);
  balance->net = balance->total;
  if (PRESENT(row->spot_borrow)) bourse_decimal_sub(&balance->net, &balance->net, &row->spot_borrow);
  if (PRESENT(balance->interest)) bourse_decimal_sub(&balance->net, &balance->net, &balance->interest);
}
