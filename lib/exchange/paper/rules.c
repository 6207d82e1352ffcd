/* paper/rules.c - reading an order request: what contradicts itself, and the market's rules for price and amount. */
#include "exchange/paper/state.h"

#define TEXT        BOURSE_DECIMAL_TEXT_SIZE
#define TRAIL_SCALE 6

static const char *text_of(char out[TEXT], int64_t units, int32_t scale) {
  bourse_decimal value = bourse__paper_decimal(units, scale);
  (void)bourse_decimal_format(out, TEXT, &value);
  return out;
}

/* A given decimal as whole units; refuses what has more digits or is not positive. */
static int32_t read_units(paper_engine *engine, int64_t *out, const bourse_decimal *value, int32_t scale, int64_t step,
                          int32_t reason, const char *field) {
  char given[TEXT] = "", allowed[TEXT];
  (void)bourse_decimal_format(given, sizeof given, value);
  if (bourse_decimal_sign(value) <= 0)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, field, "%s %s must be above zero", field, given);
  if (!bourse__paper_units(out, value, scale) || *out % step != 0)
    return bourse__paper_refuse(engine, reason, field, "%s %s is not a multiple of %s", field, given,
                                text_of(allowed, step, scale));
  return BOURSE_OK;
}

static int32_t read_price(paper_engine *engine, int64_t *out, const paper_market *market, const bourse_decimal *value,
                          const char *field) {
  if (!bourse_decimal_is_present(value)) return BOURSE_OK;
  return read_units(engine, out, value, market->price_scale, market->tick, PAPER_BAD_TICK, field);
}

static int32_t read_amount(paper_engine *engine, paper_order *order, const paper_market *market,
                           const bourse_order_request *request, int32_t pending_sized) {
  bourse_decimal amount = request->amount;
  int32_t given = (bourse_decimal_is_present(&request->amount) > 0) +
                  (bourse_decimal_is_present(&request->contracts) > 0) +
                  (bourse_decimal_is_present(&request->cost) > 0);
  if (request->close_position > 0 || pending_sized) {
    if (given > 0 && request->close_position > 0)
      return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "amount", "close_position takes no amount");
    if (given == 0) return BOURSE_OK;
  }
  if (given != 1)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "amount",
                                "exactly one of amount, contracts and cost is wanted");
  if (bourse_decimal_is_present(&request->cost)) {
    if (order->type != BOURSE_ORDER_MARKET)
      return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "cost", "cost is for market orders");
    if (bourse_decimal_sign(&request->cost) <= 0)
      return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "cost", "cost must be above zero");
    if (!bourse__paper_to_money(&order->cost_asked, &request->cost) || order->cost_asked > PAPER_MONEY_MAX)
      return bourse__paper_refuse(engine, PAPER_TOO_LARGE, "cost", "cost has more than 18 decimals or is above 10^15");
    return BOURSE_OK;
  }
  if (bourse_decimal_is_present(&request->contracts) &&
      bourse_decimal_mul(&amount, &request->contracts, &market->about->contract_size) != BOURSE_OK)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "contracts", "%s is not traded in contracts",
                                market->about->symbol);
  int64_t step = order->type == BOURSE_ORDER_MARKET ? market->market_step : market->step;
  return read_units(engine, &order->amount, &amount, market->amount_scale, step, PAPER_BAD_STEP, "amount");
}

static int32_t read_trailing(paper_engine *engine, paper_order *order, const paper_market *market,
                             const bourse_order_request *request) {
  int32_t code = read_price(engine, &order->trail_activation, market, &request->trailing_activation_price,
                            "trailing_activation_price");
  if (code != BOURSE_OK) return code;
  order->trigger_kind = PAPER_TRAILING;
  if (bourse_decimal_is_present(&request->trailing_amount))
    return read_price(engine, &order->trail_amount, market, &request->trailing_amount, "trailing_amount");
  if (!bourse__paper_units(&order->trail_millionths, &request->trailing_percent, TRAIL_SCALE) ||
      order->trail_millionths <= 0 || order->trail_millionths >= 100 * 1000000)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "trailing_percent",
                                "trailing_percent must be above 0 and below 100, with at most 6 decimals");
  return BOURSE_OK;
}

static int32_t read_trigger(paper_engine *engine, paper_order *order, const paper_market *market,
                            const bourse_order_request *request) {
  const bourse_decimal *stop = &request->stop_loss_price, *take = &request->take_profit_price,
                       *plain = &request->trigger_price;
  int32_t trailing = bourse_decimal_is_present(&request->trailing_percent) > 0 ||
                     bourse_decimal_is_present(&request->trailing_amount) > 0;
  int32_t count = (bourse_decimal_is_present(stop) > 0) + (bourse_decimal_is_present(take) > 0) +
                  (bourse_decimal_is_present(plain) > 0) + (bourse_decimal_is_present(&request->trailing_percent) > 0) +
                  (bourse_decimal_is_present(&request->trailing_amount) > 0);
  if (count > 1)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "trigger_price", "an order has one trigger; %d are given",
                                count);
  if (!trailing && bourse_decimal_is_present(&request->trailing_activation_price))
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "trailing_activation_price",
                                "an activation price needs trailing_percent or trailing_amount");
  order->trigger_by = request->trigger_by == 0 ? BOURSE_PRICE_LAST : request->trigger_by;
  if (order->trigger_by < BOURSE_PRICE_LAST || order->trigger_by > BOURSE_PRICE_INDEX)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "trigger_by",
                                "triggers look at the last, mark or index price");
  if (order->trigger_by != BOURSE_PRICE_LAST && !market->linear)
    return bourse__paper_refuse(engine, PAPER_UNSUPPORTED, "trigger_by", "spot markets have no mark price");
  if (count == 0) return BOURSE_OK;
  if (trailing) return read_trailing(engine, order, market, request);
  if (bourse_decimal_is_present(plain)) {
    if (request->trigger_direction != BOURSE_TRIGGER_RISE && request->trigger_direction != BOURSE_TRIGGER_FALL)
      return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "trigger_direction", "trigger_price needs a direction");
    order->trigger_kind = PAPER_TRIGGER;
    order->trigger_direction = request->trigger_direction;
    return read_price(engine, &order->trigger_price, market, plain, "trigger_price");
  }
  int32_t is_stop = bourse_decimal_is_present(stop) > 0;
  order->trigger_kind = is_stop ? PAPER_STOP_LOSS : PAPER_TAKE_PROFIT;
  order->trigger_direction = is_buy(order) == is_stop ? BOURSE_TRIGGER_RISE : BOURSE_TRIGGER_FALL;
  return read_price(engine, &order->trigger_price, market, is_stop ? stop : take,
                    is_stop ? "stop_loss_price" : "take_profit_price");
}

static int32_t read_limit(paper_engine *engine, paper_order *order, const paper_market *market,
                          const bourse_order_request *request) {
  int32_t has_price = bourse_decimal_is_present(&request->price) > 0;
  if (order->type == BOURSE_ORDER_MARKET) {
    if (has_price) return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "price", "a market order has no price");
    if (request->post_only > 0)
      return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "post_only", "a market order cannot be post-only");
    if (request->time_in_force == BOURSE_GOOD_TILL_CANCELED || request->time_in_force == BOURSE_GOOD_TILL_DATE)
      return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "time_in_force", "a market order cannot stay");
    return BOURSE_OK;
  }
  if (!has_price) return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "price", "a limit order needs a price");
  if (order->time_in_force == 0) order->time_in_force = BOURSE_GOOD_TILL_CANCELED;
  int32_t stays = order->time_in_force == BOURSE_GOOD_TILL_CANCELED || order->time_in_force == BOURSE_GOOD_TILL_DATE;
  if (order->post_only && !stays)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "post_only", "a post-only order must be able to stay");
  if (bourse_decimal_is_present(&request->iceberg_amount) && !stays)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "iceberg_amount", "an iceberg order must be able to stay");
  return read_price(engine, &order->price, market, &request->price, "price");
}

static int32_t read_iceberg(paper_engine *engine, paper_order *order, const paper_market *market,
                            const bourse_order_request *request) {
  if (!bourse_decimal_is_present(&request->iceberg_amount)) return BOURSE_OK;
  if (order->type != BOURSE_ORDER_LIMIT)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "iceberg_amount", "only limit orders can be icebergs");
  int32_t code = read_units(engine, &order->display, &request->iceberg_amount, market->amount_scale, market->step,
                            PAPER_BAD_STEP, "iceberg_amount");
  if (code != BOURSE_OK) return code;
  int64_t parts = (order->amount + order->display - 1) / order->display;
  if (order->amount > 0 && order->display > order->amount)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "iceberg_amount",
                                "the visible part is more than the amount");
  if (market->about->iceberg_parts > 0 && parts > market->about->iceberg_parts)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "iceberg_amount",
                                "%lld visible parts; at most %d are allowed", (long long)parts,
                                market->about->iceberg_parts);
  return BOURSE_OK;
}

static int32_t read_position(paper_engine *engine, paper_order *order, const paper_market *market,
                             const bourse_order_request *request) {
  int32_t hedged = account_of(engine, order)->hedged;
  order->reduce_only = request->reduce_only > 0;
  order->close_position = request->close_position > 0;
  if (!market->linear) {
    if (order->reduce_only || order->close_position || request->position_side != 0)
      return bourse__paper_refuse(engine, PAPER_UNSUPPORTED,
                                  order->reduce_only      ? "reduce_only"
                                  : order->close_position ? "close_position"
                                                          : "position_side",
                                  "spot markets have no positions");
    return BOURSE_OK;
  }
  if (request->position_side == BOURSE_POSITION_LONG || request->position_side == BOURSE_POSITION_SHORT) {
    if (!hedged)
      return bourse__paper_refuse(engine, PAPER_POSITION_MODE, "position_side",
                                  "long and short positions side by side are off (set_position_mode)");
    order->position_side = request->position_side;
    int32_t closes = order->position_side == (is_buy(order) ? BOURSE_POSITION_SHORT : BOURSE_POSITION_LONG);
    if ((order->reduce_only || order->close_position) && !closes)
      return bourse__paper_refuse(engine, PAPER_REDUCE_ONLY, "position_side", "this side opens the position");
    return BOURSE_OK;
  }
  if (hedged && !account_of(engine, order)->unlimited)
    return bourse__paper_refuse(engine, PAPER_POSITION_MODE, "position_side",
                                "position_side long or short is wanted: positions stand side by side");
  return BOURSE_OK;
}

static int32_t read_kind(paper_engine *engine, paper_order *order, const bourse_order_request *request) {
  if (request->side != BOURSE_SIDE_BUY && request->side != BOURSE_SIDE_SELL)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "side", "side must be buy or sell");
  if (request->type != BOURSE_ORDER_MARKET && request->type != BOURSE_ORDER_LIMIT)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "type", "type must be market or limit");
  if (request->time_in_force < 0 || request->time_in_force > BOURSE_GOOD_TILL_DATE)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "time_in_force", "time_in_force %d is none",
                                request->time_in_force);
  if (request->self_trade < 0 || request->self_trade > BOURSE_SELF_TRADE_DECREMENT)
    return bourse__paper_refuse(engine, PAPER_UNSUPPORTED, "self_trade", "this self-trade prevention is not done here");
  order->side = request->side;
  order->type = request->type;
  order->time_in_force = request->time_in_force;
  order->post_only = request->post_only > 0;
  order->self_trade = request->self_trade != 0 ? request->self_trade : engine->config.self_trade;
  if (order->self_trade == BOURSE_SELF_TRADE_DECREMENT && bourse_decimal_is_present(&request->cost))
    return bourse__paper_refuse(engine, PAPER_UNSUPPORTED, "self_trade", "decrement needs an amount, not a cost");
  if ((order->time_in_force == BOURSE_GOOD_TILL_DATE) != (request->expire_ns != 0))
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "expire_ns", "expire_ns belongs to good-till-date orders");
  if (request->expire_ns != 0 && request->expire_ns <= engine->now_ns)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "expire_ns", "expire_ns has passed");
  order->expire_ns = request->expire_ns;
  if (request->client_order_id != NULL) {
    size_t length = strlen(request->client_order_id);
    if (length >= PAPER_CLIENT_ID_SIZE)
      return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "client_order_id", "client_order_id is longer than %d",
                                  PAPER_CLIENT_ID_SIZE - 1);
    memcpy(order->client_id, request->client_order_id, length + 1);
  }
  return BOURSE_OK;
}

int32_t bourse__paper_read_order(paper_engine *engine, paper_order *order, const bourse_order_request *request,
                                 int32_t pending_sized) {
  const paper_market *market = market_of(engine, order);
  int32_t code = read_kind(engine, order, request);
  if (code == BOURSE_OK) code = read_position(engine, order, market, request);
  if (code == BOURSE_OK) code = read_limit(engine, order, market, request);
  if (code == BOURSE_OK) code = read_amount(engine, order, market, request, pending_sized);
  if (code == BOURSE_OK) code = read_trigger(engine, order, market, request);
  if (code == BOURSE_OK) code = read_iceberg(engine, order, market, request);
  if (code == BOURSE_OK) code = bourse__paper_check_rules(engine, order, 1);
  return code;
}

static int32_t check_cost_min(paper_engine *engine, const paper_order *order, const paper_market *market) {
  paper_money cost = order->cost_asked;
  int64_t price = order->price;
  if (market->cost_min == 0 || bourse__paper_only_reduces(engine, order)) return BOURSE_OK;
  if (order->type == BOURSE_ORDER_MARKET) {
    if (market->about->cost_min_market <= 0 && order->cost_asked == 0) return BOURSE_OK;
    price = order->trigger_price != 0 ? order->trigger_price : market->last;
    if (price == 0) price = bourse__paper_best(market, is_buy(order) ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY);
    if (price == 0 && cost == 0) return BOURSE_OK; /* nothing tells what it is worth */
  }
  if (cost == 0) (void)bourse__paper_cost(&cost, market, price, order->amount);
  if (cost >= market->cost_min) return BOURSE_OK;
  char given[TEXT], wanted[TEXT];
  bourse_decimal a = bourse__paper_money_decimal(cost), b = bourse__paper_money_decimal(market->cost_min);
  (void)bourse_decimal_format(given, sizeof given, &a);
  (void)bourse_decimal_format(wanted, sizeof wanted, &b);
  return bourse__paper_refuse(engine, PAPER_COST_MIN, "amount", "the order is worth %s; at least %s is wanted", given,
                              wanted);
}

int32_t bourse__paper_check_rules(paper_engine *engine, const paper_order *order, int32_t check_cost) {
  const paper_market *market = market_of(engine, order);
  char given[TEXT], low[TEXT], high[TEXT];
  int32_t is_market = order->type == BOURSE_ORDER_MARKET;
  int64_t least = is_market ? market->market_min : market->amount_min;
  int64_t most = is_market ? market->market_max : market->amount_max;
  const int64_t prices[] = {order->price, order->trigger_price, order->trail_activation};
  static const char *const fields[] = {"price", "trigger_price", "trailing_activation_price"};
  paper_money cost;
  for (int32_t i = 0; i < 3; i++)
    if (prices[i] != 0 && (prices[i] < market->price_min || prices[i] > market->price_max))
      return bourse__paper_refuse(engine, PAPER_PRICE_RANGE, fields[i], "%s %s is outside %s to %s", fields[i],
                                  text_of(given, prices[i], market->price_scale),
                                  text_of(low, market->price_min, market->price_scale),
                                  text_of(high, market->price_max, market->price_scale));
  if (order->amount == 0)
    return order->cost_asked > 0 && check_cost ? check_cost_min(engine, order, market) : BOURSE_OK;
  if (order->amount < least)
    return bourse__paper_refuse(engine, PAPER_AMOUNT_MIN, "amount", "amount %s is below the least, %s",
                                text_of(given, order->amount, market->amount_scale),
                                text_of(low, least, market->amount_scale));
  if (order->amount > most)
    return bourse__paper_refuse(engine, PAPER_AMOUNT_MAX, "amount", "amount %s is above the most, %s",
                                text_of(given, order->amount, market->amount_scale),
                                text_of(high, most, market->amount_scale));
  if (order->price != 0 && !bourse__paper_cost(&cost, market, order->price, order->amount))
    return bourse__paper_refuse(engine, PAPER_TOO_LARGE, "amount", "the order is worth more than 10^15");
  return check_cost ? check_cost_min(engine, order, market) : BOURSE_OK;
}
