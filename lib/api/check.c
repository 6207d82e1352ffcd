/* api/check.c - orders against their market, before anything is sent. Nothing is rounded; the error names the rule, the value
 * given and the nearest that is allowed. */
#include <stdio.h>
#include <string.h>

#include "api/api.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

static void text_of(char out[BOURSE_DECIMAL_TEXT_SIZE], const bourse_decimal *value) {
  bourse_decimal_format(out, BOURSE_DECIMAL_TEXT_SIZE, value);
}

static int32_t off_step(const char *field, const bourse_decimal *value, const bourse_decimal *step, const char *rule,
                        const bourse_market *market, bourse__failure *failure) {
  char given[BOURSE_DECIMAL_TEXT_SIZE], stepped[BOURSE_DECIMAL_TEXT_SIZE], below[BOURSE_DECIMAL_TEXT_SIZE],
      above[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal down, up;
  text_of(given, value);
  text_of(stepped, step);
  if (bourse_decimal_round_to_step(&down, value, step, BOURSE_ROUND_DOWN) != BOURSE_OK ||
      bourse_decimal_round_to_step(&up, value, step, BOURSE_ROUND_UP) != BOURSE_OK)
    return bourse__failure_set(failure, BOURSE_ERROR_PRECISION, field, "%s of %s is %s; %s is %s", field, market->symbol,
                               given, rule, stepped);
  text_of(below, &down);
  text_of(above, &up);
  return bourse__failure_set(failure, BOURSE_ERROR_PRECISION, field,
                             "%s of %s is %s; %s is %s, the nearest allowed are %s and %s", field, market->symbol, given,
                             rule, stepped, below, above);
}

static int32_t check_step(const char *field, const bourse_decimal *value, const bourse_decimal *step, const char *rule,
                          const bourse_market *market, bourse__failure *failure) {
  if (!bourse_decimal_is_present(value) || bourse_decimal_sign(step) <= 0 || bourse_decimal_is_multiple(value, step))
    return BOURSE_OK;
  return off_step(field, value, step, rule, market, failure);
}

/* bound_sign -1: value must not be below bound; +1: not above. A bound of zero means none. */
static int32_t check_bound(const char *field, const bourse_decimal *value, const bourse_decimal *bound, int32_t bound_sign,
                           const char *rule, const bourse_market *market, bourse__failure *failure) {
  if (!bourse_decimal_is_present(value) || bourse_decimal_sign(bound) <= 0 ||
      bourse_decimal_compare(value, bound) * bound_sign <= 0)
    return BOURSE_OK;
  char given[BOURSE_DECIMAL_TEXT_SIZE], limit[BOURSE_DECIMAL_TEXT_SIZE];
  text_of(given, value);
  text_of(limit, bound);
  return bourse__failure_set(failure, BOURSE_ERROR_LIMIT, field, "%s of %s is %s; the %s is %s", field, market->symbol, given,
                             rule, limit);
}

static int32_t check_price(const char *field, const bourse_decimal *price, const bourse_market *market,
                           bourse__failure *failure) {
  int32_t code = check_step(field, price, &market->price_tick, "the price tick", market, failure);
  if (code == BOURSE_OK) code = check_bound(field, price, &market->price_min, -1, "lowest price", market, failure);
  if (code == BOURSE_OK) code = check_bound(field, price, &market->price_max, 1, "highest price", market, failure);
  return code;
}

/* Amount in the unit of the market's amount limits (see bourse_market). */
static int32_t amount_of(bourse_decimal *out, const bourse_market *market, const bourse_order_request *order,
                         const char **field, bourse__failure *failure) {
  memset(out, 0, sizeof *out);
  *field = PRESENT(order->contracts) ? "contracts" : "amount";
  if (!PRESENT(order->contracts)) {
    *out = order->amount;
    if (PRESENT(order->amount) && market->product == BOURSE_PRODUCT_INVERSE)
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "amount",
                                 "%s is traded in contracts of quote currency; give contracts instead of amount",
                                 market->symbol);
    return BOURSE_OK;
  }
  if (market->product == BOURSE_PRODUCT_SPOT)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "contracts", "%s is a spot market; give amount instead",
                               market->symbol);
  *out = order->contracts;
  if (market->product != BOURSE_PRODUCT_LINEAR || !PRESENT(market->contract_size)) return BOURSE_OK;
  if (bourse_decimal_mul(out, &order->contracts, &market->contract_size) != BOURSE_OK)
    return bourse__failure_set(failure, BOURSE_ERROR_OVERFLOW, "contracts", "contracts times contract size does not fit");
  return BOURSE_OK;
}

/* An amount, and what holds for it, in one unit. */
typedef struct amount_rules {
  bourse_decimal amount, step, least, most;
} amount_rules;

static int32_t check_rules(const char *field, const amount_rules *rules, const bourse_market *market,
                           bourse__failure *failure) {
  int32_t code = check_step(field, &rules->amount, &rules->step, "the amount step", market, failure);
  if (code == BOURSE_OK)
    code = check_bound(field, &rules->amount, &rules->least, -1, "smallest amount", market, failure);
  if (code == BOURSE_OK) code = check_bound(field, &rules->amount, &rules->most, 1, "largest amount", market, failure);
  return code;
}

/* Into contracts: what was given is what an error names. */
static void to_contracts(const bourse_market *market, bourse_decimal *value) {
  if (!bourse_decimal_is_present(value) ||
      bourse_decimal_div(value, value, &market->contract_size, 20, BOURSE_ROUND_DOWN) != BOURSE_OK)
    return;
  bourse_decimal_trim(value, value);
}

static int32_t check_amount(const bourse_market *market, const bourse_order_request *order, bourse__failure *failure) {
  const char *field;
  amount_rules rules;
  int32_t code = amount_of(&rules.amount, market, order, &field, failure);
  if (code != BOURSE_OK || !PRESENT(rules.amount)) return code;
  int32_t is_market = order->type == BOURSE_ORDER_MARKET;
  rules.step = is_market && bourse_decimal_sign(&market->market_amount_step) > 0 ? market->market_amount_step
                                                                                 : market->amount_step;
  rules.least =
      is_market && bourse_decimal_sign(&market->market_amount_min) > 0 ? market->market_amount_min : market->amount_min;
  rules.most =
      is_market && bourse_decimal_sign(&market->market_amount_max) > 0 ? market->market_amount_max : market->amount_max;
  code = check_rules(field, &rules, market, failure);
  if (code == BOURSE_OK || !PRESENT(order->contracts) || market->product != BOURSE_PRODUCT_LINEAR ||
      bourse_decimal_sign(&market->contract_size) <= 0)
    return code;
  rules.amount = order->contracts;
  to_contracts(market, &rules.step);
  to_contracts(market, &rules.least);
  to_contracts(market, &rules.most);
  int32_t told = check_rules(field, &rules, market, failure);
  return told != BOURSE_OK ? told : code;
}

static int32_t check_notional(const bourse_market *market, const bourse_order_request *order, bourse__failure *failure) {
  bourse_decimal cost, amount;
  const char *field;
  if (PRESENT(order->cost)) {
    int32_t code = check_step("cost", &order->cost, &market->cost_step, "the cost step", market, failure);
    if (code == BOURSE_OK) code = check_bound("cost", &order->cost, &market->cost_min, -1, "least notional", market, failure);
    if (code == BOURSE_OK) code = check_bound("cost", &order->cost, &market->cost_max, 1, "greatest notional", market, failure);
    return code;
  }
  if (order->type != BOURSE_ORDER_LIMIT || !PRESENT(order->price) || market->product == BOURSE_PRODUCT_INVERSE ||
      market->product == BOURSE_PRODUCT_OPTION)
    return BOURSE_OK;
  int32_t code = amount_of(&amount, market, order, &field, failure);
  if (code != BOURSE_OK || !PRESENT(amount)) return code;
  if (bourse_decimal_mul(&cost, &amount, &order->price) != BOURSE_OK)
    return bourse__failure_set(failure, BOURSE_ERROR_OVERFLOW, "amount", "amount times price does not fit");
  int32_t closing = order->reduce_only > 0 || order->close_position > 0 || order->position_side != 0;
  code = closing ? BOURSE_OK
                 : check_bound("price times amount", &cost, &market->cost_min, -1, "least notional", market, failure);
  if (code == BOURSE_OK) code = check_bound("price times amount", &cost, &market->cost_max, 1, "greatest notional", market, failure);
  if (code != BOURSE_OK) bourse__copy_text(failure->field, sizeof failure->field, field, strlen(field));
  return code;
}

static int32_t check_size_given(const bourse_order_request *order, bourse__failure *failure) {
  int32_t given = PRESENT(order->amount) + PRESENT(order->contracts) + PRESENT(order->cost);
  if (order->close_position > 0 && given > 0 && PRESENT(order->cost))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "cost", "close_position takes no cost");
  if (given > 1)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "amount",
                               "exactly one of amount, contracts and cost is wanted; %d were given", given);
  if (given == 0 && order->close_position <= 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "amount", "one of amount, contracts and cost is needed");
  if (PRESENT(order->cost) && order->type != BOURSE_ORDER_MARKET)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "cost", "cost is for market orders only; a limit order takes amount");
  return BOURSE_OK;
}

static int32_t check_triggers(const bourse_order_request *order, bourse__failure *failure) {
  int32_t triggers = PRESENT(order->stop_loss_price) + PRESENT(order->take_profit_price) + PRESENT(order->trigger_price);
  int32_t trailing = PRESENT(order->trailing_percent) + PRESENT(order->trailing_amount);
  if (triggers > 1)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "trigger_price",
                               "only one of stop_loss_price, take_profit_price and trigger_price can be given");
  if (trailing > 1)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "trailing_percent",
                               "only one of trailing_percent and trailing_amount can be given");
  if (trailing == 1 && triggers == 1)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "trailing_percent",
                               "a trailing order takes trailing_activation_price, not a trigger price");
  if (PRESENT(order->trigger_price) && order->trigger_direction == 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "trigger_direction",
                               "trigger_price needs trigger_direction: rise or fall (or use stop_loss_price or take_profit_price)");
  if (order->trigger_direction != 0 && !PRESENT(order->trigger_price))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "trigger_direction", "trigger_direction needs trigger_price");
  if (PRESENT(order->trailing_activation_price) && trailing == 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "trailing_activation_price",
                               "trailing_activation_price needs trailing_percent or trailing_amount");
  if (order->trigger_by != 0 && triggers + trailing == 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "trigger_by", "trigger_by is for conditional orders only");
  return BOURSE_OK;
}

static int32_t check_attached(const bourse_order_request *order, bourse__failure *failure) {
  if (PRESENT(order->attached_stop_loss_price) && !PRESENT(order->attached_stop_loss_trigger))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "attached_stop_loss_trigger",
                               "attached_stop_loss_price needs attached_stop_loss_trigger");
  if (PRESENT(order->attached_take_profit_price) && !PRESENT(order->attached_take_profit_trigger))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "attached_take_profit_trigger",
                               "attached_take_profit_price needs attached_take_profit_trigger");
  return BOURSE_OK;
}

static int32_t check_type(const bourse_order_request *order, bourse__failure *failure) {
  int32_t limit = order->type == BOURSE_ORDER_LIMIT;
  if (limit && !PRESENT(order->price) && order->close_position <= 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "price", "a limit order needs price");
  if (!limit && PRESENT(order->price))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "price", "a market order takes no price");
  if (!limit && order->post_only > 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "post_only", "post_only is for limit orders only");
  if (order->post_only > 0 && (order->time_in_force == BOURSE_IMMEDIATE_OR_CANCEL || order->time_in_force == BOURSE_FILL_OR_KILL))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "time_in_force",
                               "post_only cannot go with immediate_or_cancel or fill_or_kill");
  if ((order->time_in_force == BOURSE_GOOD_TILL_DATE) != (order->expire_ns != 0))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "expire_ns",
                               "expire_ns and time_in_force good_till_date go together");
  if (PRESENT(order->iceberg_amount) && !limit)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "iceberg_amount", "iceberg_amount is for limit orders only");
  return BOURSE_OK;
}

static int32_t check_iceberg(const bourse_market *market, const bourse_order_request *order, bourse__failure *failure) {
  bourse_decimal parts, visible;
  if (!PRESENT(order->iceberg_amount)) return BOURSE_OK;
  int32_t code = check_step("iceberg_amount", &order->iceberg_amount, &market->amount_step, "the amount step", market, failure);
  if (code != BOURSE_OK) return code;
  if (PRESENT(order->amount) && bourse_decimal_compare(&order->iceberg_amount, &order->amount) > 0)
    return bourse__failure_set(failure, BOURSE_ERROR_LIMIT, "iceberg_amount", "iceberg_amount is above amount");
  if (market->iceberg_parts <= 0 || !PRESENT(order->amount)) return BOURSE_OK;
  bourse_decimal_from_int64(&parts, market->iceberg_parts);
  if (bourse_decimal_mul(&visible, &parts, &order->iceberg_amount) == BOURSE_OK &&
      bourse_decimal_compare(&visible, &order->amount) < 0)
    return bourse__failure_set(failure, BOURSE_ERROR_LIMIT, "iceberg_amount",
                               "iceberg_amount is too small: %s allows at most %d visible parts", market->symbol,
                               market->iceberg_parts);
  return BOURSE_OK;
}

int32_t bourse__check_order_form(const bourse_order_request *order, int32_t edit, bourse__failure *failure) {
  int32_t code = edit ? BOURSE_OK : check_size_given(order, failure);
  if (code == BOURSE_OK) code = check_triggers(order, failure);
  if (code == BOURSE_OK) code = check_attached(order, failure);
  if (code == BOURSE_OK && !edit) code = check_type(order, failure);
  return code;
}

int32_t bourse__check_order(const bourse_market *market, const bourse_order_request *order,
                            bourse__failure *failure) {
  const struct {
    const char *field;
    const bourse_decimal *price;
  } prices[] = {
      {"price", &order->price},
      {"stop_loss_price", &order->stop_loss_price},
      {"take_profit_price", &order->take_profit_price},
      {"trigger_price", &order->trigger_price},
      {"trailing_activation_price", &order->trailing_activation_price},
      {"attached_stop_loss_trigger", &order->attached_stop_loss_trigger},
      {"attached_stop_loss_price", &order->attached_stop_loss_price},
      {"attached_take_profit_trigger", &order->attached_take_profit_trigger},
      {"attached_take_profit_price", &order->attached_take_profit_price},
  };
  int32_t code = BOURSE_OK;
  for (size_t i = 0; code == BOURSE_OK && i < sizeof prices / sizeof prices[0]; i++)
    code = check_price(prices[i].field, prices[i].price, market, failure);
  if (code == BOURSE_OK) code = check_amount(market, order, failure);
  if (code == BOURSE_OK) code = check_iceberg(market, order, failure);
  if (code == BOURSE_OK) code = check_notional(market, order, failure);
  return code;
}

int32_t bourse_round_price(bourse_decimal *out, const bourse_market *market, const bourse_decimal *price,
                           int32_t rounding) {
  if (out == NULL || market == NULL || price == NULL) return BOURSE_ERROR_ARGUMENT;
  if (!bourse_decimal_is_present(price)) return BOURSE_ERROR_ABSENT;
  if (bourse_decimal_sign(&market->price_tick) <= 0) {
    *out = *price;
    return BOURSE_OK;
  }
  return bourse_decimal_round_to_step(out, price, &market->price_tick, rounding);
}

int32_t bourse_round_amount(bourse_decimal *out, const bourse_market *market, const bourse_decimal *amount,
                            int32_t rounding) {
  if (out == NULL || market == NULL || amount == NULL) return BOURSE_ERROR_ARGUMENT;
  if (!bourse_decimal_is_present(amount)) return BOURSE_ERROR_ABSENT;
  if (bourse_decimal_sign(&market->amount_step) <= 0) {
    *out = *amount;
    return BOURSE_OK;
  }
  return bourse_decimal_round_to_step(out, amount, &market->amount_step, rounding == 0 ? BOURSE_ROUND_DOWN : rounding);
}
