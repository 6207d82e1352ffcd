/* exchange/binance/words.c - what the words of orders mean, in replies and in streams alike. */
#include <string.h>

#include "exchange/binance/binance.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

const bourse_name bourse__binance_statuses[] = {
    {"NEW", BOURSE_ORDER_OPEN},
    {"PARTIALLY_FILLED", BOURSE_ORDER_OPEN},
    {"FILLED", BOURSE_ORDER_FILLED},
    {"CANCELED", BOURSE_ORDER_CANCELED},
    {"EXPIRED", BOURSE_ORDER_EXPIRED},
    {"EXPIRED_IN_MATCH", BOURSE_ORDER_EXPIRED}, /* would have traded with an own order */
    {"REJECTED", BOURSE_ORDER_REJECTED},
    {"PENDING_NEW", BOURSE_ORDER_PENDING},
    {"PENDING_CANCEL", BOURSE_ORDER_CANCELING},
    {NULL, 0},
};

static const bourse_name algo_statuses[] = {
    {"NEW", BOURSE_ORDER_UNTRIGGERED},
    {"TRIGGERING", BOURSE_ORDER_UNTRIGGERED},
    {"TRIGGERED", BOURSE_ORDER_TRIGGERED},
    {"FINISHED", BOURSE_ORDER_TRIGGERED}, /* the order it became is done; that order tells how */
    {"CANCELED", BOURSE_ORDER_CANCELED},
    {"REJECTED", BOURSE_ORDER_REJECTED},
    {"EXPIRED", BOURSE_ORDER_EXPIRED},
    {NULL, 0},
};

static const bourse_name times_in_force[] = {
    {"GTC", BOURSE_GOOD_TILL_CANCELED},     {"IOC", BOURSE_IMMEDIATE_OR_CANCEL},
    {"FOK", BOURSE_FILL_OR_KILL},           {"GTD", BOURSE_GOOD_TILL_DATE},
    {"GTX", BOURSE_GOOD_TILL_CANCELED},     {"RPI", BOURSE_GOOD_TILL_CANCELED},
    {"GTE_GTC", BOURSE_GOOD_TILL_CANCELED}, {NULL, 0},
};

const bourse_name bourse__binance_self_trades[] = {
    {"NONE", BOURSE_SELF_TRADE_ALLOW},
    {"EXPIRE_MAKER", BOURSE_SELF_TRADE_CANCEL_MAKER},
    {"EXPIRE_TAKER", BOURSE_SELF_TRADE_CANCEL_TAKER},
    {"EXPIRE_BOTH", BOURSE_SELF_TRADE_CANCEL_BOTH},
    {"DECREMENT", BOURSE_SELF_TRADE_DECREMENT},
    {"TRANSFER", BOURSE_SELF_TRADE_TRANSFER},
    {NULL, 0},
};

const bourse_name bourse__binance_working_types[] = {
    {"CONTRACT_PRICE", BOURSE_PRICE_LAST}, {"MARK_PRICE", BOURSE_PRICE_MARK}, {NULL, 0}};

enum { NO_TRIGGER, STOPS, GAINS, TRAILS };

/* What their types mean. TAKE_PROFIT is a market order on spot and a limit order on futures. */
static const struct {
  const char *name;
  int32_t spot;
  int32_t futures;
  int32_t trigger;
} types[] = {
    {"LIMIT", BOURSE_ORDER_LIMIT, BOURSE_ORDER_LIMIT, NO_TRIGGER},
    {"MARKET", BOURSE_ORDER_MARKET, BOURSE_ORDER_MARKET, NO_TRIGGER},
    {"LIMIT_MAKER", BOURSE_ORDER_LIMIT, BOURSE_ORDER_LIMIT, NO_TRIGGER},
    {"STOP_LOSS", BOURSE_ORDER_MARKET, 0, STOPS},
    {"STOP_LOSS_LIMIT", BOURSE_ORDER_LIMIT, 0, STOPS},
    {"TAKE_PROFIT", BOURSE_ORDER_MARKET, BOURSE_ORDER_LIMIT, GAINS},
    {"TAKE_PROFIT_LIMIT", BOURSE_ORDER_LIMIT, 0, GAINS},
    {"STOP", 0, BOURSE_ORDER_LIMIT, STOPS},
    {"STOP_MARKET", 0, BOURSE_ORDER_MARKET, STOPS},
    {"TAKE_PROFIT_MARKET", 0, BOURSE_ORDER_MARKET, GAINS},
    {"TRAILING_STOP_MARKET", 0, BOURSE_ORDER_MARKET, TRAILS},
};

static int32_t trigger_kind(int32_t futures, bourse_slice type, int32_t *unified) {
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    if (!bourse_slice_is(type, types[i].name)) continue;
    if (unified != NULL) *unified = futures ? types[i].futures : types[i].spot;
    return types[i].trigger;
  }
  return NO_TRIGGER;
}

void bourse__binance_finish_type(int32_t futures, bourse_order *order, bourse_slice original_type,
                                 bourse_slice time_in_force, const bourse_decimal *trigger_price) {
  bourse_slice type = bourse_slice_of(order->native_type);
  int32_t trigger = trigger_kind(futures, type, &order->type);
  if (trigger == NO_TRIGGER) trigger = trigger_kind(futures, original_type, NULL);
  order->time_in_force = bourse_name_value(times_in_force, time_in_force);
  if (order->type != 0)
    order->post_only = bourse_slice_is(type, "LIMIT_MAKER") || bourse_slice_is(time_in_force, "GTX") ||
                               bourse_slice_is(time_in_force, "RPI")
                           ? BOURSE_YES
                           : BOURSE_NO;
  order->conditional = trigger != NO_TRIGGER || PRESENT(*trigger_price) ? BOURSE_YES : BOURSE_NO;
  if (trigger == NO_TRIGGER && futures) order->trigger_by = 0;
  if (trigger == STOPS) order->stop_loss_price = *trigger_price;
  if (trigger == GAINS) order->take_profit_price = *trigger_price;
  if (trigger != TRAILS) order->trigger_price = *trigger_price;
}

void bourse__binance_finish_status(bourse_order *order, const bourse_name *names) {
  if (order->native_status != NULL) {
    order->status = bourse_name_value(names, bourse_slice_of(order->native_status));
    if (order->status == 0) order->status = BOURSE_ORDER_UNKNOWN;
  }
  if (order->reason != NULL && strcmp(order->reason, "NONE") == 0) order->reason = NULL;
  if (order->reason == NULL && order->native_status != NULL && strcmp(order->native_status, "EXPIRED_IN_MATCH") == 0)
    order->reason = order->native_status;
}

void bourse__binance_finish_waiting(bourse_order *order, const bourse_decimal *trailing_delta,
                                    const bourse_decimal *stop_price, int32_t asleep) {
  if (PRESENT(*trailing_delta)) {
    order->trailing_percent = *trailing_delta;
    order->trailing_percent.exponent -= 2;
    order->conditional = BOURSE_YES;
    if (PRESENT(*stop_price)) order->trailing_activation_price = *stop_price;
  }
  if (order->status == BOURSE_ORDER_OPEN && order->conditional > 0 && asleep) order->status = BOURSE_ORDER_UNTRIGGERED;
}

/* Digits after the point that an average price is given with: eight more than the price's own. */
static int32_t average_decimals(const bourse_market *market) {
  bourse_decimal tick;
  if (market == NULL || !PRESENT(market->price_tick)) return 16;
  bourse_decimal_trim(&tick, &market->price_tick);
  return (tick.exponent < 0 ? -tick.exponent : 0) + 8;
}

void bourse__binance_finish_amounts(int32_t product, const bourse_market *market, bourse_order *order,
                                    const bourse_decimal *base_filled) {
  if (bourse_decimal_sign(&order->cost) < 0) memset(&order->cost, 0, sizeof order->cost); /* not known */
  if (product != BOURSE_PRODUCT_SPOT) {
    order->contracts = order->amount;
    order->filled_contracts = order->filled;
  }
  if (product == BOURSE_PRODUCT_INVERSE) {
    memset(&order->amount, 0, sizeof order->amount);
    order->filled = *base_filled;
    if (market != NULL && PRESENT(order->filled_contracts))
      bourse_decimal_mul(&order->cost, &order->filled_contracts, &market->contract_size);
    return;
  }
  if (PRESENT(order->amount) && PRESENT(order->filled))
    bourse_decimal_sub(&order->remaining, &order->amount, &order->filled);
  if (!PRESENT(order->average) && bourse_decimal_sign(&order->filled) > 0 && bourse_decimal_sign(&order->cost) > 0 &&
      bourse_decimal_div(&order->average, &order->cost, &order->filled, average_decimals(market),
                         BOURSE_ROUND_HALF_EVEN) == BOURSE_OK)
    bourse_decimal_trim(&order->average, &order->average);
}

/* The actual amount repeats the quantity until the order has fired; only with a price it says what was filled. */
static void finish_algo_amounts(int32_t product, bourse_order *order, const bourse_decimal *actual_amount) {
  order->contracts = order->amount;
  if (PRESENT(order->average)) order->filled_contracts = *actual_amount;
  if (product == BOURSE_PRODUCT_INVERSE) {
    memset(&order->amount, 0, sizeof order->amount);
    return;
  }
  order->filled = order->filled_contracts;
  if (PRESENT(order->filled)) {
    bourse_decimal_sub(&order->remaining, &order->amount, &order->filled);
    bourse_decimal_mul(&order->cost, &order->filled, &order->average);
  }
}

void bourse__binance_finish_algo(int32_t product, bourse_order *order, bourse_slice time_in_force,
                                 const bourse_decimal *trigger_price, const bourse_decimal *actual_amount) {
  bourse__binance_finish_status(order, algo_statuses);
  bourse__binance_finish_type(1, order, (bourse_slice){NULL, 0}, time_in_force, trigger_price);
  finish_algo_amounts(product, order, actual_amount);
  order->conditional = BOURSE_YES;
  order->realization = BOURSE_NATIVE;
}

void bourse__binance_finish_position(int32_t inverse, bourse_position *position, int32_t side,
                                     const bourse_decimal *amount) {
  int32_t sign = bourse_decimal_sign(amount);
  position->hedged = side == 0 ? BOURSE_UNSET : side == BOURSE_POSITION_BOTH ? BOURSE_NO : BOURSE_YES;
  if (sign != 0) position->side = position->hedged > 0 ? side : sign > 0 ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
  position->contracts = *amount;
  bourse_decimal_absolute(&position->contracts);
  if (!inverse) position->amount = position->contracts;
}
