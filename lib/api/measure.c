/* api/measure.c - the second gate of the rails: is the market allowed, what is an order worth, and does the account have room
 * for it. Prices, orders to be edited and lists of open orders are asked for where they are needed. */
#include <string.h>

#include "api/rails.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))
#define MINUTE_NS       (INT64_C(60) * 1000000000)

static int32_t is_edit(const bourse__running *running) {
  return running->info->operation == BOURSE_OP_EDIT_ORDER || running->info->operation == BOURSE_OP_EDIT_ORDERS;
}

static int32_t limits_notional(const bourse_exchange *exchange) {
  return PRESENT(exchange->max_order_notional) || PRESENT(exchange->max_notional_per_minute);
}

int32_t bourse__rails_lowers(const bourse__running *running) {
  return running->measure != NULL && running->measure->done && running->measure->lowers;
}

/* --- Asking --- */

static void asked(bourse__running *asking, int32_t code) {
  for (bourse__running *waiter = asking->waiters; waiter != NULL; waiter = waiter->next_waiter) {
    bourse__measure *measure = waiter->measure;
    if (measure == NULL) continue;
    if (code != BOURSE_OK) {
      const char *operation = waiter->info->name;
      bourse__failure_copy(&waiter->failure, &asking->failure);
      waiter->failure.error.operation = operation;
      waiter->failure.error.outcome = BOURSE_OUTCOME_NOT_SENT;
      continue;
    }
    const bourse_ticker *ticker = bourse_result_ticker(asking->result, 0);
    const bourse_order *order = bourse_result_order(asking->result, 0);
    if (asking->info->operation == BOURSE_OP_FETCH_OPEN_ORDERS) {
      measure->asked = 1;
    } else if (ticker != NULL) {
      measure->price = *ticker;
      measure->has_price = 1;
    } else if (order != NULL) {
      measure->old = *order;
      measure->has_old = 1;
    } else {
      bourse_fail(&waiter->call, BOURSE_ERROR_BAD_REPLY, NULL, "%s: %s brought nothing to measure the order by",
                  waiter->info->name, asking->info->name);
    }
  }
}

/* 0: it waits (or has its answer already); negative: failed. */
static int32_t ask(bourse__running *running, const bourse_request *request) {
  bourse__running *asking;
  int32_t code = bourse__running_new(&asking, running->exchange, request, 1, &running->failure);
  if (code != BOURSE_OK) return code;
  asking->done = asked;
  asking->owner = running->exchange;
  bourse__running_wait(running, asking);
  bourse__running_advance(asking);
  return running->failure.error.code;
}

static int32_t ask_price(bourse__running *running, const bourse_market *market) {
  const char *symbols[1] = {market->symbol};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_BIDS_ASKS);
  request.product = market->product;
  if (bourse_supports(running->exchange, BOURSE_OP_FETCH_BIDS_ASKS, market->product, 0)) {
    request.symbols = symbols;
    request.symbol_count = 1;
    return ask(running, &request);
  }
  request.operation = BOURSE_OP_FETCH_TICKER;
  request.symbol = market->symbol;
  if (bourse_supports(running->exchange, BOURSE_OP_FETCH_TICKER, market->product, 0)) return ask(running, &request);
  return bourse_fail(&running->call, BOURSE_ERROR_FORBIDDEN, "max_order_notional",
                     "max_order_notional: %s tells no price of %s, so this order cannot be measured",
                     running->exchange->adapter->title, market->symbol);
}

static int32_t ask_order(bourse__running *running, const bourse_market *market, uint32_t index) {
  const bourse_request *edit = &running->request;
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_ORDER);
  request.symbol = market->symbol;
  request.product = market->product;
  request.margin_mode = running->call.margin_mode;
  request.trigger = edit->trigger;
  request.order_id = index < edit->order_id_count ? edit->order_ids[index] : edit->order_id;
  request.client_order_id = index < edit->client_order_id_count ? edit->client_order_ids[index] : edit->client_order_id;
  if (bourse_supports(running->exchange, BOURSE_OP_FETCH_ORDER, market->product, request.margin_mode))
    return ask(running, &request);
  return bourse_fail(&running->call, BOURSE_ERROR_FORBIDDEN, "max_order_notional",
                     "max_order_notional: %s does not tell how the order stands, so its edit cannot be measured",
                     running->exchange->adapter->title);
}

/* --- Measuring --- */

static const bourse_decimal *higher(const bourse_decimal *one, const bourse_decimal *other) {
  return bourse_decimal_compare(one, other) >= 0 ? one : other; /* absent is below all */
}

static int32_t is_trailing(const bourse_order_request *order) {
  return PRESENT(order->trailing_percent) || PRESENT(order->trailing_amount);
}

/* Whether only the market's price tells what it may cost. */
static int32_t wants_price(const bourse_order_request *order, const bourse_market *market) {
  int32_t limit = PRESENT(order->price), sells = order->side == BOURSE_SIDE_SELL;
  if (PRESENT(order->cost) || (market->product == BOURSE_PRODUCT_INVERSE && PRESENT(order->contracts))) return 0;
  if ((limit && !sells) || order->post_only > 0) return 0;
  if (!bourse_order_is_conditional(order) || is_trailing(order)) return 1;
  return bourse_order_takes_profit(order) == sells; /* fires on the rise: at once, when the price is there already */
}

/* The price it is measured at; NULL: there is none. */
static const bourse_decimal *price_of(const bourse_order_request *order, const bourse_market *market,
                                      const bourse__measure *measure) {
  const bourse_decimal *trigger = bourse_order_trigger(order), *price = &order->price;
  if (PRESENT(order->price) && order->side != BOURSE_SIDE_SELL) return price;
  if (trigger != NULL) price = higher(price, trigger);
  if (wants_price(order, market)) {
    const bourse_ticker *ticker = &measure->price;
    const bourse_decimal *opposite = order->side == BOURSE_SIDE_SELL ? &ticker->bid : &ticker->ask;
    if (bourse_decimal_sign(opposite) <= 0) opposite = &ticker->last;
    if (bourse_decimal_sign(opposite) <= 0) opposite = &ticker->mark_price;
    if (bourse_decimal_sign(opposite) <= 0) return NULL;
    price = higher(price, opposite);
  }
  return PRESENT(*price) ? price : NULL;
}

/* 0 when it does not fit. */
static int32_t multiply(bourse_decimal *out, const bourse_decimal *one, const bourse_decimal *other) {
  return bourse_decimal_mul(out, one, other) == BOURSE_OK;
}

/* What so much is worth at a price; 0: it cannot be told. */
static int32_t value_of(bourse_decimal *out, const bourse_order_request *order, const bourse_market *market,
                        const bourse_decimal *price) {
  if (PRESENT(order->cost)) {
    *out = order->cost;
    return 1;
  }
  bourse_decimal size = order->amount;
  if (PRESENT(order->contracts)) {
    if (bourse_decimal_sign(&market->contract_size) <= 0 || !multiply(&size, &order->contracts, &market->contract_size))
      return 0;
    if (market->product == BOURSE_PRODUCT_INVERSE) {
      *out = size;
      return 1;
    }
  }
  return PRESENT(size) && price != NULL && multiply(out, &size, price);
}

/* The orders that come to life with it are measured by themselves, and added. */
static int32_t add_attached(bourse_decimal *sum, bourse_decimal *greatest, const bourse_order_request *order,
                            const bourse_market *market) {
  const bourse_decimal *prices[2] = {
      higher(&order->attached_stop_loss_trigger, &order->attached_stop_loss_price),
      higher(&order->attached_take_profit_trigger, &order->attached_take_profit_price),
  };
  for (size_t i = 0; i < 2; i++) {
    bourse_decimal worth;
    if (!PRESENT(*prices[i])) continue;
    if (!value_of(&worth, order, market, prices[i])) return 0;
    if (bourse_decimal_compare(&worth, greatest) > 0) *greatest = worth;
    if (bourse_decimal_add(sum, sum, &worth) != BOURSE_OK) return 0;
  }
  return 1;
}

static int32_t too_large(bourse__running *running, const bourse_market *market, const bourse_decimal *worth) {
  char given[BOURSE_DECIMAL_TEXT_SIZE], most[BOURSE_DECIMAL_TEXT_SIZE];
  const bourse_decimal *limit = &running->exchange->max_order_notional;
  if (!PRESENT(*limit) || bourse_decimal_compare(worth, limit) <= 0) return BOURSE_OK;
  bourse_decimal_format(given, sizeof given, worth);
  bourse_decimal_format(most, sizeof most, limit);
  return bourse_fail(&running->call, BOURSE_ERROR_FORBIDDEN, "max_order_notional",
                     "max_order_notional: this order in %s is worth %s %s, and %s are allowed", market->symbol, given,
                     market->quote == NULL ? "" : market->quote, most);
}

static int32_t unmeasured(bourse__running *running, const bourse_market *market) {
  return bourse_fail(&running->call, BOURSE_ERROR_FORBIDDEN, "max_order_notional",
                     "max_order_notional: what this order in %s is worth cannot be told (its price, size or contract "
                     "size is not known, "
                     "or too large)",
                     market->symbol);
}

static int32_t measure_new(bourse__running *running, const bourse_order_request *order, const bourse_market *market,
                           bourse_decimal *out) {
  bourse__measure *measure = running->measure;
  bourse_decimal worth, greatest;
  if (order->close_position > 0 && !PRESENT(order->amount) && !PRESENT(order->contracts) && !PRESENT(order->cost))
    return 1;
  if (wants_price(order, market) && !measure->has_price) return ask_price(running, market);
  if (!value_of(&worth, order, market, price_of(order, market, measure))) return unmeasured(running, market);
  greatest = worth;
  if (!add_attached(&worth, &greatest, order, market)) return unmeasured(running, market);
  *out = worth;
  int32_t code = too_large(running, market, &greatest);
  return code == BOURSE_OK ? 1 : code;
}

static void take(bourse_decimal *out, const bourse_decimal *given, const bourse_decimal *old) {
  *out = PRESENT(*given) ? *given : *old;
}

/* The order as it would stand after the edit; of an absent `edit`: as it stands. */
static void merge(bourse_order_request *out, const bourse_order_request *edit, const bourse_order *old,
                  const bourse_market *market) {
  int32_t contracts = market->product == BOURSE_PRODUCT_INVERSE || !PRESENT(old->amount);
  *out = *edit;
  out->side = old->side != 0 ? old->side : edit->side;
  if (out->type == 0) out->type = old->type;
  if (!PRESENT(edit->amount) && !PRESENT(edit->contracts) && !PRESENT(edit->cost)) {
    if (contracts && PRESENT(old->contracts))
      out->contracts = old->contracts;
    else
      out->amount = old->amount;
  }
  take(&out->price, &edit->price, &old->price);
  if (!bourse_order_is_conditional(edit)) {
    out->stop_loss_price = old->stop_loss_price;
    out->take_profit_price = old->take_profit_price;
    out->trigger_price = old->trigger_price;
    out->trailing_percent = old->trailing_percent;
    out->trailing_amount = old->trailing_amount;
    out->trailing_activation_price = old->trailing_activation_price;
    /* Which way it waits is not told: the way that may cost more. */
    if (PRESENT(out->trigger_price)) out->trigger_direction = BOURSE_TRIGGER_RISE;
  }
}

static int32_t is_changed(const bourse_decimal *given, const bourse_decimal *old) {
  return PRESENT(*given) && bourse_decimal_compare(given, old) != 0;
}

/* Whether the edit does nothing but make it smaller. */
static int32_t only_lowers(const bourse_order_request *edit, const bourse_order *old) {
  if (PRESENT(edit->cost) || edit->post_only != 0 || edit->reduce_only != 0 || edit->time_in_force != 0 ||
      edit->leverage.flags != 0 || bourse_order_has_attached(edit) || is_changed(&edit->price, &old->price) ||
      bourse_order_is_conditional(edit) || PRESENT(edit->iceberg_amount))
    return 0;
  if (PRESENT(edit->amount)) return PRESENT(old->amount) && bourse_decimal_compare(&edit->amount, &old->amount) <= 0;
  return PRESENT(edit->contracts) && PRESENT(old->contracts) &&
         bourse_decimal_compare(&edit->contracts, &old->contracts) <= 0;
}

static int32_t measure_edit(bourse__running *running, const bourse_order_request *edit, const bourse_market *market,
                            bourse_decimal *out) {
  static const bourse_order_request nothing;
  bourse__measure *measure = running->measure;
  bourse_order_request before, after;
  bourse_decimal was, worth;
  if (!measure->has_old) return ask_order(running, market, measure->at);
  measure->lowers &= only_lowers(edit, &measure->old);
  if (!limits_notional(running->exchange)) return 1;
  merge(&before, &nothing, &measure->old, market);
  merge(&after, edit, &measure->old, market);
  if ((wants_price(&before, market) || wants_price(&after, market)) && !measure->has_price)
    return ask_price(running, market);
  if (!value_of(&worth, &after, market, price_of(&after, market, measure))) return unmeasured(running, market);
  if (!value_of(&was, &before, market, price_of(&before, market, measure))) bourse_decimal_from_int64(&was, 0);
  bourse_decimal greatest = worth;
  if (!add_attached(&worth, &greatest, edit, market)) return unmeasured(running, market);
  if (bourse_decimal_compare(&worth, &was) <= 0) return 1; /* raises nothing */
  int32_t code = too_large(running, market, &greatest);
  if (code != BOURSE_OK) return code;
  return bourse_decimal_sub(out, &worth, &was) == BOURSE_OK ? 1 : unmeasured(running, market);
}

/* --- Markets --- */

static int32_t check_market(bourse__running *running, const bourse_market *market) {
  const bourse_exchange *exchange = running->exchange;
  for (uint32_t i = 0; i < exchange->allowed_symbol_count; i++)
    if (strcmp(exchange->allowed_symbols[i], market->symbol) == 0) return BOURSE_OK;
  return bourse_fail(&running->call, BOURSE_ERROR_FORBIDDEN, "allowed_symbols",
                     "allowed_symbols: %s is not one of the %u allowed (%s%s)", market->symbol,
                     exchange->allowed_symbol_count, exchange->allowed_symbols[0],
                     exchange->allowed_symbol_count > 1 ? ", ..." : "");
}

static int32_t check_markets(bourse__running *running) {
  const bourse_call *call = &running->call;
  int32_t operation = running->info->operation, code = BOURSE_OK;
  if (running->exchange->allowed_symbol_count == 0 || operation == BOURSE_OP_CANCEL_ORDER ||
      operation == BOURSE_OP_CANCEL_ORDERS || operation == BOURSE_OP_CANCEL_ALL_ORDERS ||
      operation == BOURSE_OP_CANCEL_ALL_ORDERS_AFTER || operation == BOURSE_OP_CANCEL_ORDER_LIST)
    return BOURSE_OK;
  if (call->market != NULL) code = check_market(running, call->market);
  for (uint32_t i = 0; code == BOURSE_OK && i < call->market_count; i++) code = check_market(running, call->markets[i]);
  return code;
}

/* --- Room --- */

/* Orders that stay open when this one is placed. */
static uint32_t opens(const bourse_order_request *order) {
  uint32_t count = bourse_order_is_conditional(order) ||
                   (order->type == BOURSE_ORDER_LIMIT && order->time_in_force != BOURSE_IMMEDIATE_OR_CANCEL &&
                    order->time_in_force != BOURSE_FILL_OR_KILL);
  count += PRESENT(order->attached_stop_loss_trigger) || PRESENT(order->attached_stop_loss_price);
  count += PRESENT(order->attached_take_profit_trigger) || PRESENT(order->attached_take_profit_price);
  return count;
}

static int32_t check_open_orders(bourse__running *running) {
  bourse_exchange *exchange = running->exchange;
  bourse__rails *rails = exchange->rails;
  bourse__measure *measure = running->measure;
  uint32_t more = 0, placing = 0, most = exchange->max_open_orders;
  if (most == 0 || is_edit(running)) return 1;
  for (uint32_t i = 0; i < running->request.order_count; i++) more += opens(running->request.orders[i]);
  if (more == 0) return 1;
  int32_t product = running->call.product, margin_mode = running->call.margin_mode;
  uint32_t bit = 1u << (product * 3 + margin_mode);
  int32_t can_ask = bourse_supports(exchange, BOURSE_OP_FETCH_OPEN_ORDERS, product, margin_mode) != 0;
  if (measure->asked) rails->learned |= bit;
  for (const bourse__share *share = rails->shares; share != NULL; share = share->next)
    if (share->owner != NULL) placing += share->open_orders;
  int32_t fits = (uint64_t)rails->order_count + placing + more <= most;
  if (can_ask && !measure->asked && (!fits || (rails->learned & bit) == 0)) {
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_OPEN_ORDERS);
    request.product = product;
    request.margin_mode = margin_mode;
    return ask(running, &request);
  }
  if (fits) return 1;
  return bourse_fail(&running->call, BOURSE_ERROR_FORBIDDEN, "max_open_orders",
                     "max_open_orders: %u are open and %u being placed; %u more would make %u, and %u are allowed",
                     rails->order_count, placing, more, rails->order_count + placing + more, most);
}

static int32_t is_of_quote(const bourse__share *share, const char *quote) { return strcmp(share->quote, quote) == 0; }

static void forget_old_shares(bourse__rails *rails, int64_t now) {
  for (bourse__share **link = &rails->shares; *link != NULL;) {
    bourse__share *share = *link;
    if (share->owner != NULL || now - share->time_ns < MINUTE_NS) {
      link = &share->next;
      continue;
    }
    *link = share->next;
    bourse__release(&rails->context->allocator, share);
  }
}

/* When what is left of the minute's shares has room for `sum`, in milliseconds; 0: not to be told. */
static int64_t room_in_ms(const bourse_exchange *exchange, const char *quote, bourse_decimal sum, int64_t now) {
  int64_t at_ns = 0;
  for (const bourse__share *share = exchange->rails->shares; share != NULL; share = share->next) {
    if (!is_of_quote(share, quote) || share->owner != NULL || !PRESENT(share->notional)) continue;
    if (bourse_decimal_sub(&sum, &sum, &share->notional) != BOURSE_OK) return 0;
    if (share->time_ns + MINUTE_NS > at_ns) at_ns = share->time_ns + MINUTE_NS;
    if (bourse_decimal_compare(&sum, &exchange->max_notional_per_minute) <= 0) return (at_ns - now) / 1000000 + 1;
  }
  return 0;
}

static const char *quote_of(const bourse__running *running, uint32_t index) {
  const char *quote = running->call.markets[index]->quote;
  return quote == NULL ? "" : quote;
}

static int32_t check_minute(bourse__running *running, uint32_t index) {
  const bourse_exchange *exchange = running->exchange;
  const bourse__measure *measure = running->measure;
  const char *quote = quote_of(running, index);
  char given[BOURSE_DECIMAL_TEXT_SIZE], used_text[BOURSE_DECIMAL_TEXT_SIZE], most[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal used, more, sum;
  int32_t code = BOURSE_OK;
  bourse_decimal_from_int64(&used, 0);
  more = used;
  for (const bourse__share *share = exchange->rails->shares; code == BOURSE_OK && share != NULL; share = share->next)
    if (PRESENT(share->notional) && is_of_quote(share, quote))
      code = bourse_decimal_add(&used, &used, &share->notional);
  for (uint32_t i = 0; code == BOURSE_OK && i < running->request.order_count; i++)
    if (PRESENT(measure->worth[i]) && strcmp(quote_of(running, i), quote) == 0)
      code = bourse_decimal_add(&more, &more, &measure->worth[i]);
  if (code == BOURSE_OK) code = bourse_decimal_add(&sum, &used, &more);
  if (code != BOURSE_OK) return unmeasured(running, running->call.markets[index]);
  if (bourse_decimal_compare(&sum, &exchange->max_notional_per_minute) <= 0) return BOURSE_OK;
  bourse_decimal_format(given, sizeof given, &more);
  bourse_decimal_format(used_text, sizeof used_text, &used);
  bourse_decimal_format(most, sizeof most, &exchange->max_notional_per_minute);
  bourse_fail(&running->call, BOURSE_ERROR_FORBIDDEN, "max_notional_per_minute",
              "max_notional_per_minute: this is worth %s %s, after %s within the last minute, and %s are allowed",
              given, quote, used_text, most);
  int64_t now = bourse__loop_monotonic_ns(running->context->loop);
  bourse_set_retry_after(&running->call, room_in_ms(exchange, quote, sum, now));
  return BOURSE_ERROR_FORBIDDEN;
}

/* Nothing is taken when there is not room for all. */
static int32_t take_shares(bourse__running *running) {
  bourse__rails *rails = running->exchange->rails;
  const bourse_allocator *allocator = &running->context->allocator;
  int32_t per_minute = PRESENT(running->exchange->max_notional_per_minute), edit = is_edit(running);
  bourse__share *first = NULL, **last = &first, **end = &rails->shares;
  for (uint32_t i = 0; i < running->request.order_count; i++) {
    uint32_t open_orders = edit || !rails->counting ? 0 : opens(running->request.orders[i]);
    int32_t worth = per_minute && PRESENT(running->measure->worth[i]);
    if (open_orders == 0 && !worth) continue;
    bourse__share *share = bourse__alloc(allocator, sizeof *share);
    if (share == NULL) {
      while ((share = first) != NULL) {
        first = share->next;
        bourse__release(allocator, share);
      }
      return bourse_fail_memory(&running->call);
    }
    share->owner = running;
    share->time_ns = bourse__loop_monotonic_ns(running->context->loop);
    share->index = i;
    share->open_orders = open_orders;
    if (worth) share->notional = running->measure->worth[i];
    bourse__copy_text(share->quote, sizeof share->quote, quote_of(running, i), strlen(quote_of(running, i)));
    *last = share;
    last = &share->next;
  }
  while (*end != NULL) end = &(*end)->next;
  *end = first;
  running->measure->done = 1;
  return 1;
}

/* --- The gate --- */

static int32_t measure_orders(bourse__running *running) {
  const bourse_exchange *exchange = running->exchange;
  bourse__measure *measure = running->measure;
  int32_t edit = is_edit(running), halted = bourse_is_halted(exchange);
  if (!limits_notional(exchange) && !(edit && halted)) {
    measure->lowers = 0; /* nobody has looked */
    return 1;
  }
  while (measure->at < running->request.order_count) {
    const bourse_order_request *order = running->request.orders[measure->at];
    const bourse_market *market = running->call.markets[measure->at];
    bourse_decimal *worth = &measure->worth[measure->at];
    int32_t code = edit ? measure_edit(running, order, market, worth) : measure_new(running, order, market, worth);
    if (code <= 0 && (code < 0 || running->waiting_for != NULL)) return code;
    if (code == 0) continue; /* answered at once */
    measure->at++;
    measure->has_price = measure->has_old = 0;
  }
  if (edit && halted && !measure->lowers)
    return bourse_fail(&running->call, BOURSE_ERROR_FORBIDDEN, "halt",
                       "halt: trading on this account was halted, and this edit does more than lower an amount; "
                       "bourse_resume ends that");
  return 1;
}

int32_t bourse__rails_measure(bourse__running *running) {
  bourse_exchange *exchange = running->exchange;
  if (exchange->rails == NULL || running->forced != NULL || (running->info->flags & BOURSE_OPERATION_ACTS) == 0)
    return 1;
  if (running->measure == NULL) {
    int32_t code = bourse__rails_request(exchange, running->info, &running->request, &running->failure);
    if (code == BOURSE_OK) code = check_markets(running);
    if (code != BOURSE_OK) return code;
    if ((running->info->flags & (BOURSE_OPERATION_ORDER | BOURSE_OPERATION_ORDERS)) == 0 ||
        running->request.order_count == 0)
      return 1;
    running->measure = bourse_arena_alloc(running->call.arena, sizeof *running->measure);
    bourse_decimal *worth = bourse_arena_alloc(running->call.arena, running->request.order_count * sizeof *worth);
    if (running->measure == NULL || worth == NULL)
      return bourse_fail_memory(&running->call);
    running->measure->worth = worth;
    running->measure->lowers = 1;
  }
  if (running->measure->done) return 1;
  int32_t code = measure_orders(running);
  if (code == 1) code = check_open_orders(running);
  while (code == 0 && running->waiting_for == NULL) code = check_open_orders(running);
  if (code != 1) return code;
  forget_old_shares(exchange->rails, bourse__loop_monotonic_ns(running->context->loop));
  if (PRESENT(exchange->max_notional_per_minute))
    for (uint32_t i = 0; i < running->request.order_count; i++)
      if (PRESENT(running->measure->worth[i]) && (code = check_minute(running, i)) != BOURSE_OK) return code;
  return take_shares(running);
}
