/* exchange/binance/orders.c - placing, changing and canceling orders. */
#include <inttypes.h>
#include <string.h>

#include "exchange/binance/binance.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Words --- */

static const bourse_name times_in_force[] = {
    {"GTC", BOURSE_GOOD_TILL_CANCELED},
    {"IOC", BOURSE_IMMEDIATE_OR_CANCEL},
    {"FOK", BOURSE_FILL_OR_KILL},
    {"GTD", BOURSE_GOOD_TILL_DATE},
    {NULL, 0},
};

static const bourse_name side_effects[] = {
    {"NO_SIDE_EFFECT", BOURSE_BORROW_NONE},
    {"MARGIN_BUY", BOURSE_BORROW_AUTO},
    {"AUTO_REPAY", BOURSE_BORROW_REPAY},
    {"AUTO_BORROW_REPAY", BOURSE_BORROW_AUTO_REPAY},
    {NULL, 0},
};

static const bourse__binance_names single_names = {
    "type", "side", "timeInForce", "quantity", "price", "stopPrice", "trailingDelta", "icebergQty", "newClientOrderId"};

const char *bourse__binance_side(int32_t side) { return bourse_name_text(bourse__binance_sides, side); }

/* --- Which order --- */

bourse__binance_subject bourse__binance_subject_of(const bourse_call *call) {
  bourse__binance_subject subject = {call->order, call->market, call->margin_mode};
  if (call->operation == BOURSE_OP_CREATE_ORDERS && call->order != NULL) {
    uint32_t index = (uint32_t)call->scratch[0];
    subject.order = call->request->orders[index];
    subject.market = call->markets[index];
    if (subject.order->margin_mode != 0) subject.margin_mode = subject.order->margin_mode;
  }
  return subject;
}

int32_t bourse__binance_only_amends(const bourse_order_request *order) {
  return PRESENT(order->amount) && !PRESENT(order->price) && order->type != BOURSE_ORDER_MARKET &&
         !bourse_order_is_conditional(order);
}

static int32_t has_prefix(const char *id) {
  return id != NULL && strncmp(id, BINANCE_ALGO_PREFIX, sizeof BINANCE_ALGO_PREFIX - 1) == 0;
}

int32_t bourse__binance_names_algo(const bourse_call *call, const char *id) {
  return bourse_is_futures(call) && (call->request->trigger > 0 || has_prefix(id));
}

static const char *without_prefix(const char *id) { return has_prefix(id) ? id + sizeof BINANCE_ALGO_PREFIX - 1 : id; }

/* --- Several items --- */

static int32_t goes_alone(const bourse_call *call, uint32_t index) {
  switch (call->operation) {
    case BOURSE_OP_CREATE_ORDERS: return bourse_order_is_conditional(call->request->orders[index]);
    case BOURSE_OP_CANCEL_ORDERS: return bourse__binance_names_algo(call, bourse_item_id(call, index));
    default: return 0;
  }
}

/* Futures take 5 orders or 10 cancels at once, without conditional ones; everything else goes one by one. */
static int32_t go_together(const bourse_call *call, uint32_t a, uint32_t b) {
  (void)a;
  return !goes_alone(call, b);
}

uint32_t bourse__binance_plan_step(bourse_call *call, uint32_t *products) {
  uint32_t first = (uint32_t)call->scratch[0];
  uint32_t most = call->operation == BOURSE_OP_CANCEL_ORDERS ? 10 : 5;
  if (bourse_is_futures(call) && !goes_alone(call, first)) {
    bourse_plan_items(call, most, go_together);
    return BINANCE_BATCH;
  }
  call->scratch[1] = 1;
  if (call->operation != BOURSE_OP_CREATE_ORDERS) return goes_alone(call, first) ? BINANCE_ALGO : BINANCE_USUAL;
  bourse__binance_subject subject = bourse__binance_subject_of(call);
  if (!bourse_is_futures(call))
    *products = subject.margin_mode == BOURSE_MARGIN_CROSS      ? BOURSE_FOR_CROSS
                : subject.margin_mode == BOURSE_MARGIN_ISOLATED ? BOURSE_FOR_ISOLATED
                                                                : BOURSE_FOR_SPOT;
  return bourse__binance_order_variant(call, subject.order);
}

/* --- Spot and margin --- */

static int32_t check_spot(bourse_call *call, const bourse_order_request *order, int32_t margin_mode) {
  const char *field = NULL, *why = NULL;
  if (PRESENT(order->leverage)) field = "leverage", why = "orders on spot and margin carry no leverage";
  if (order->position_side != 0) field = "position_side", why = "there are no positions on spot and margin";
  if (order->close_position > 0) field = "close_position", why = "there are no positions on spot and margin";
  if (order->reduce_only > 0)
    field = "reduce_only", why = "spot and margin have no reduce-only; borrow = repay pays back";
  if (order->trigger_by != 0 && order->trigger_by != BOURSE_PRICE_LAST)
    field = "trigger_by", why = "spot and margin trigger on the last price only";
  if (order->time_in_force == BOURSE_GOOD_TILL_DATE)
    field = "time_in_force", why = "spot and margin have no good-till-date; good till canceled, IOC and FOK are there";
  if (PRESENT(order->trailing_amount))
    field = "trailing_amount", why = "orders trail by percent; give trailing_percent";
  if (order->borrow != 0 && margin_mode == 0) field = "borrow", why = "borrowing needs margin_mode cross or isolated";
  if (order->test > 0 && margin_mode != 0) field = "test", why = "margin orders cannot be tested";
  if (order->post_only > 0 && bourse_order_is_conditional(order))
    field = "post_only", why = "a conditional order cannot be post-only";
  if (PRESENT(order->cost) && bourse_order_is_conditional(order))
    field = "cost", why = "a conditional order takes amount";
  if (field != NULL) return bourse_unsupported(call, field, why);
  int32_t time = bourse_check_market_time(call, order);
  if (time != BOURSE_OK) return time;
  if (PRESENT(order->iceberg_amount) && order->time_in_force != 0 && order->time_in_force != BOURSE_GOOD_TILL_CANCELED)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "iceberg_amount", "an iceberg order is good till canceled");
  return BOURSE_OK;
}

/* 1.5 % is 150 hundredths of a percent. */
static int32_t plan_trailing(bourse_call *call, const bourse_order_request *order, bourse__binance_plan *plan) {
  int64_t delta;
  plan->trailing_delta = order->trailing_percent;
  plan->trailing_delta.exponent += 2;
  if (bourse_decimal_to_int64(&delta, &plan->trailing_delta) != BOURSE_OK)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "trailing_percent",
                       "trailing_percent has more than two decimals; hundredths of a percent are the smallest step");
  bourse_decimal_from_int64(&plan->trailing_delta, delta);
  return BOURSE_OK;
}

int32_t bourse__binance_plan_spot(bourse_call *call, const bourse_order_request *order, int32_t margin_mode,
                                  bourse__binance_plan *plan) {
  memset(plan, 0, sizeof *plan);
  int32_t code = check_spot(call, order, margin_mode);
  if (code != BOURSE_OK) return code;
  int32_t limit = order->type == BOURSE_ORDER_LIMIT;
  plan->stop_price = bourse_order_trigger(order);
  if (PRESENT(order->trailing_percent)) code = plan_trailing(call, order, plan);
  if (bourse_order_is_conditional(order)) {
    plan->takes_profit = bourse_order_takes_profit(order);
    plan->type =
        plan->takes_profit ? (limit ? "TAKE_PROFIT_LIMIT" : "TAKE_PROFIT") : (limit ? "STOP_LOSS_LIMIT" : "STOP_LOSS");
  } else {
    plan->takes_profit = limit;
    plan->type = !limit ? "MARKET" : order->post_only > 0 ? "LIMIT_MAKER" : "LIMIT";
  }
  if (limit && order->post_only <= 0)
    plan->time_in_force = order->time_in_force == 0 ? "GTC" : bourse_name_text(times_in_force, order->time_in_force);
  return code;
}

static void put_named(bourse_call *call, const char *name, const char *value) {
  if (name != NULL) bourse_put(call, name, value);
}

static void put_named_decimal(bourse_call *call, const char *name, const bourse_decimal *value) {
  if (name != NULL && value != NULL) bourse_put_decimal(call, name, value);
}

void bourse__binance_put_order(bourse_call *call, const bourse__binance_names *names, const bourse_order_request *order,
                               const bourse__binance_plan *plan) {
  put_named(call, names->side, bourse__binance_side(order->side));
  put_named(call, names->type, plan->type);
  put_named(call, names->time_in_force, plan->time_in_force);
  put_named_decimal(call, names->quantity, &order->amount);
  put_named_decimal(call, names->price, &order->price);
  put_named_decimal(call, names->stop_price, plan->stop_price);
  put_named_decimal(call, names->trailing_delta, &plan->trailing_delta);
  put_named_decimal(call, names->iceberg, &order->iceberg_amount);
  put_named(call, names->client_id, order->client_order_id);
}

/* On margin an order that borrows weighs more. */
int32_t bourse__binance_put_spot_frame(bourse_call *call, const bourse__binance_subject *subject) {
  const bourse_order_request *order = subject->order;
  bourse_put(call, "symbol", subject->market->id);
  if (subject->margin_mode == BOURSE_MARGIN_ISOLATED) bourse_put(call, "isIsolated", "TRUE");
  bourse_put(call, "selfTradePreventionMode", bourse_name_text(bourse__binance_self_trades, order->self_trade));
  bourse_put(call, "sideEffectType", bourse_name_text(side_effects, order->borrow));
  bourse_put(call, "newOrderRespType", "FULL");
  if (order->borrow == BOURSE_BORROW_AUTO || order->borrow == BOURSE_BORROW_AUTO_REPAY) bourse_set_weight(call, 1500);
  return BOURSE_OK;
}

BUILD(spot_order) {
  bourse__binance_plan plan;
  bourse__binance_subject subject = bourse__binance_subject_of(call);
  const bourse_order_request *order = subject.order;
  int32_t code = bourse__binance_plan_spot(call, order, subject.margin_mode, &plan);
  if (code != BOURSE_OK) return code;
  if (bourse_order_has_attached(order))
    return bourse_unsupported(call, "test", "orders with attached stop loss or take profit cannot be tested");
  bourse__binance_put_order(call, &single_names, order, &plan);
  bourse_put_decimal(call, "quoteOrderQty", &order->cost);
  return bourse__binance_put_spot_frame(call, &subject);
}

static int32_t put_id_of_edited(bourse_call *call, const char *id_name, const char *client_id_name) {
  if (call->request->order_id != NULL)
    bourse_put(call, id_name, call->request->order_id);
  else
    bourse_put(call, client_id_name, call->request->client_order_id);
  return BOURSE_OK;
}

/* Cancels the old order and, if that went well, places the new one. */
BUILD(edit_spot_order) {
  bourse__binance_plan plan;
  bourse__binance_subject subject = bourse__binance_subject_of(call);
  const bourse_order_request *order = subject.order;
  const char *missing = order->type == 0 ? "type" : order->side == 0 ? "side" : NULL;
  if (!PRESENT(order->amount) && !PRESENT(order->cost)) missing = "amount";
  if (order->type == BOURSE_ORDER_LIMIT && !PRESENT(order->price)) missing = "price";
  if (missing != NULL)
    return bourse_fail(
        call, BOURSE_ERROR_ARGUMENT, missing,
        "Binance replaces the order by a new one; %s is needed for it (a smaller amount alone needs only amount)",
        missing);
  int32_t code = bourse__binance_plan_spot(call, order, subject.margin_mode, &plan);
  if (code != BOURSE_OK) return code;
  if (bourse_order_has_attached(order))
    return bourse_unsupported(call, "attached_stop_loss_trigger", "a replaced order brings no others along");
  bourse__binance_put_order(call, &single_names, order, &plan);
  bourse_put_decimal(call, "quoteOrderQty", &order->cost);
  bourse_put(call, "cancelReplaceMode", "STOP_ON_FAILURE");
  put_id_of_edited(call, "cancelOrderId", "cancelOrigClientOrderId");
  return bourse__binance_put_spot_frame(call, &subject);
}

BUILD(amend_spot_order) {
  bourse_put(call, "symbol", call->market->id);
  put_id_of_edited(call, "orderId", "origClientOrderId");
  bourse_put(call, "newClientOrderId", call->order->client_order_id);
  bourse_put_decimal(call, "newQty", &call->order->amount);
  return BOURSE_OK;
}

/* --- Futures --- */

static int32_t check_futures(bourse_call *call, const bourse_order_request *order) {
  const char *field = NULL, *why = NULL;
  if (PRESENT(order->cost)) field = "cost", why = "futures orders take amount or contracts";
  if (PRESENT(order->leverage)) field = "leverage", why = "orders carry no leverage; set it with set_leverage";
  if (order->margin_mode != 0) field = "margin_mode", why = "orders carry no margin mode; set it with set_margin_mode";
  if (order->borrow != 0) field = "borrow", why = "futures do not borrow";
  if (PRESENT(order->iceberg_amount)) field = "iceberg_amount", why = "futures have no iceberg orders";
  if (PRESENT(order->trailing_amount))
    field = "trailing_amount", why = "orders trail by percent; give trailing_percent";
  if (order->trigger_by == BOURSE_PRICE_INDEX)
    field = "trigger_by", why = "orders trigger on the last or the mark price";
  if (bourse_order_has_attached(order))
    field = "attached_stop_loss_trigger", why = "futures attach no orders; send them separately with reduce_only";
  if (order->close_position > 0 && (!bourse_order_is_conditional(order) || order->type != BOURSE_ORDER_MARKET))
    field = "close_position",
    why = "only a conditional market order closes a position; the operation close_position does it now";
  if (order->close_position > 0 && PRESENT(order->trailing_percent))
    field = "close_position", why = "a trailing order takes an amount";
  if (order->self_trade > BOURSE_SELF_TRADE_CANCEL_BOTH)
    field = "self_trade", why = "futures cancel the maker, the taker, both or none";
  if (order->self_trade != 0 && call->product == BOURSE_PRODUCT_INVERSE)
    field = "self_trade", why = "COIN-M takes the setting of the USD-M account";
  if (order->test > 0 && (bourse_order_is_conditional(order) || call->operation == BOURSE_OP_CREATE_ORDERS))
    field = "test", why = "only single orders without a condition can be tested";
  if (field != NULL) return bourse_unsupported(call, field, why);
  int32_t time = bourse_check_market_time(call, order);
  if (time != BOURSE_OK) return time;
  return bourse_check_hedge(call, order);
}

static void put_futures_common(bourse_call *call, const bourse_market *market, const bourse_order_request *order) {
  int32_t hedged = order->position_side == BOURSE_POSITION_LONG || order->position_side == BOURSE_POSITION_SHORT;
  bourse_put(call, "symbol", market->id);
  bourse_put(call, "side", bourse__binance_side(order->side));
  bourse_put(call, "positionSide", bourse_name_text(bourse__binance_position_sides, order->position_side));
  if (order->close_position <= 0) {
    bourse_put_decimal(call, "quantity", PRESENT(order->contracts) ? &order->contracts : &order->amount);
    if (order->reduce_only > 0 && !hedged) bourse_put(call, "reduceOnly", "true");
  }
  bourse_put_decimal(call, "price", &order->price);
  bourse_put(call, "selfTradePreventionMode", bourse_name_text(bourse__binance_self_trades, order->self_trade));
  bourse_put_ms(call, "goodTillDate", order->expire_ns);
}

static void put_engine_order(bourse_call *call, const bourse_market *market, const bourse_order_request *order) {
  put_futures_common(call, market, order);
  bourse_put(call, "type", order->type == BOURSE_ORDER_LIMIT ? "LIMIT" : "MARKET");
  if (order->type == BOURSE_ORDER_LIMIT)
    bourse_put(call, "timeInForce",
               order->post_only > 0        ? "GTX"
               : order->time_in_force == 0 ? "GTC"
                                           : bourse_name_text(times_in_force, order->time_in_force));
  bourse_put(call, "newClientOrderId", order->client_order_id);
  bourse_put(call, "newOrderRespType", "RESULT");
}

BUILD(futures_order) {
  bourse__binance_subject subject = bourse__binance_subject_of(call);
  int32_t code = check_futures(call, subject.order);
  if (code == BOURSE_OK) put_engine_order(call, subject.market, subject.order);
  return code;
}

static int32_t check_trailing(bourse_call *call, const bourse_decimal *percent) {
  const bourse_decimal least = {1, 0, -1, BOURSE_DECIMAL_PRESENT}, most = {20, 0, 0, BOURSE_DECIMAL_PRESENT};
  if (!bourse_decimal_is_present(percent)) return BOURSE_OK;
  if (bourse_decimal_compare(percent, &least) >= 0 && bourse_decimal_compare(percent, &most) <= 0) return BOURSE_OK;
  char given[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal_format(given, sizeof given, percent);
  return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "trailing_percent", "trailing_percent is %s; 0.1 to 20 are allowed",
                     given);
}

BUILD(algo_order) {
  bourse__binance_subject subject = bourse__binance_subject_of(call);
  const bourse_order_request *order = subject.order;
  int32_t limit = order->type == BOURSE_ORDER_LIMIT, trailing = PRESENT(order->trailing_percent);
  int32_t code = check_futures(call, order);
  if (code == BOURSE_OK) code = check_trailing(call, &order->trailing_percent);
  if (code != BOURSE_OK) return code;
  if (trailing && limit) return bourse_unsupported(call, "type", "a trailing order on futures becomes a market order");
  bourse_put(call, "algoType", "CONDITIONAL");
  put_futures_common(call, subject.market, order);
  if (trailing) {
    bourse_put(call, "type", "TRAILING_STOP_MARKET");
    bourse_put_decimal(call, "callbackRate", &order->trailing_percent);
    bourse_put_decimal(call, "activatePrice", &order->trailing_activation_price);
  } else {
    bourse_put(call, "type",
               bourse_order_takes_profit(order) ? (limit ? "TAKE_PROFIT" : "TAKE_PROFIT_MARKET")
                                                : (limit ? "STOP" : "STOP_MARKET"));
    bourse_put_decimal(call, "triggerPrice", bourse_order_trigger(order));
  }
  if (limit)
    bourse_put(call, "timeInForce",
               order->post_only > 0 ? "GTX" : bourse_name_text(times_in_force, order->time_in_force));
  if (order->trigger_by != 0)
    bourse_put(call, "workingType", order->trigger_by == BOURSE_PRICE_MARK ? "MARK_PRICE" : "CONTRACT_PRICE");
  if (order->close_position > 0) bourse_put(call, "closePosition", "true");
  bourse_put(call, "clientAlgoId", order->client_order_id);
  return BOURSE_OK;
}

static int32_t put_edited(bourse_call *call, const bourse_market *market, const bourse_order_request *order,
                          const char *id, const char *client_id) {
  const char *missing = order->side == 0 ? "side" : !PRESENT(order->price) ? "price" : NULL;
  if (!PRESENT(order->amount) && !PRESENT(order->contracts)) missing = "amount";
  if (missing != NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, missing,
                       "changing an order on Binance futures needs side, price and amount; %s is missing", missing);
  if (order->type == BOURSE_ORDER_MARKET || bourse_order_is_conditional(order) || has_prefix(id) ||
      call->request->trigger > 0)
    return bourse_unsupported(call, has_prefix(id) ? "order_id" : "type", "only limit orders can be changed");
  if (order->reduce_only > 0 && call->product == BOURSE_PRODUCT_INVERSE)
    return bourse_unsupported(call, "reduce_only", "COIN-M orders cannot be made reduce-only later");
  bourse_put(call, "symbol", market->id);
  bourse_put(call, "side", bourse__binance_side(order->side));
  bourse_put(call, "orderId", id);
  bourse_put(call, "origClientOrderId", client_id);
  bourse_put_decimal(call, "quantity", PRESENT(order->contracts) ? &order->contracts : &order->amount);
  bourse_put_decimal(call, "price", &order->price);
  if (order->reduce_only > 0) bourse_put(call, "reduceOnly", "true");
  return BOURSE_OK;
}

BUILD(edit_futures_order) {
  return put_edited(call, call->market, call->order, call->request->order_id, call->request->client_order_id);
}

/* batchOrders=[{...},{...}] */
static int32_t put_batch(bourse_call *call) {
  bourse_text text;
  const bourse_request *request = call->request;
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1];
  bourse_text_init(&text, call->arena);
  for (uint32_t i = first; i < first + count; i++) {
    const bourse_order_request *order = request->orders[i];
    uint32_t mark = call->wire.param_count;
    int32_t code;
    if (call->operation == BOURSE_OP_EDIT_ORDERS) {
      code = put_edited(call, call->markets[i], order, bourse_item_id(call, i), bourse_item_client_id(call, i));
    } else {
      code = check_futures(call, order);
      if (code == BOURSE_OK) put_engine_order(call, call->markets[i], order);
    }
    if (code != BOURSE_OK) return code;
    bourse_text_char(&text, i == first ? '[' : ',');
    bourse_fold_params(call, &text, mark);
  }
  bourse_text_char(&text, ']');
  call->wire.costs[1].weight = (uint16_t)count;
  return bourse_put_text(call, "batchOrders", &text);
}

BUILD(batch_orders) { return put_batch(call); }
BUILD(batch_edits) { return put_batch(call); }

/* --- Naming and canceling --- */

/* orderId and origClientOrderId, or algoId and clientAlgoId. */
BUILD(order_id) {
  const bourse_request *request = call->request;
  const char *id = request->order_id, *client_id = request->client_order_id;
  int32_t algo = (call->endpoint->variant & ~BINANCE_OVER_SOCKET) == BINANCE_ALGO;
  if (call->operation == BOURSE_OP_CANCEL_ORDERS) {
    uint32_t index = (uint32_t)call->scratch[0];
    id = bourse_item_id(call, index);
    client_id = bourse_item_client_id(call, index);
  }
  if (!algo || call->market != NULL) {
    int32_t code = bourse__binance_put_symbol(call);
    if (code != BOURSE_OK) return code;
  }
  bourse_put(call, algo ? "algoId" : "orderId", without_prefix(id));
  bourse_put(call, algo ? "clientAlgoId" : "origClientOrderId", client_id);
  return BOURSE_OK;
}

/* The documentation writes orderIdList and origClientOrderIdList; the exchange's own errors call them by these names,
 * and by these they are always taken. */
BUILD(batch_cancel) {
  bourse_text text;
  const bourse_request *request = call->request;
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1];
  int32_t code = bourse__binance_put_symbol(call);
  if (code != BOURSE_OK) return code;
  bourse_text_init(&text, call->arena);
  for (uint32_t i = first; i < first + count; i++) {
    const char *id = bourse_item_id(call, i);
    bourse_text_char(&text, i == first ? '[' : ',');
    if (id == NULL) {
      bourse_text_json(&text, request->client_order_ids[i], strlen(request->client_order_ids[i]));
    } else if (strspn(id, "0123456789") == strlen(id)) {
      bourse_text_string(&text, id);
    } else {
      return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "order_ids", "order id \"%s\" is not a number", id);
    }
  }
  bourse_text_char(&text, ']');
  return bourse_put_text(call, request->order_id_count > 0 ? "orderidlist" : "origclientorderidlist", &text);
}

BUILD(cancel_all) { return bourse__binance_put_symbol(call); }

BUILD(countdown) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  bourse_put_int(call, "countdownTime", call->request->timer_ms > 0 ? call->request->timer_ms : 0);
  return BOURSE_OK;
}

/* --- Closing a position --- */

typedef struct open_position {
  bourse_decimal amount;
  int32_t side; /* BOURSE_POSITION_*, BOTH in one-way mode */
  const char *names[2];
} open_position;

static const bourse_field open_position_fields[] = {
    BINANCE_MARKET(open_position, names),
    BOURSE_FIELD_MUST("positionAmt", DECIMAL, open_position, amount),
    BOURSE_FIELD_ENUM("positionSide", open_position, side, bourse__binance_position_sides),
};
static const bourse_table open_position_table = BOURSE_TABLE(open_position_fields);

static int32_t open_position_row(bourse_call *call, bourse_decoder *decoder) {
  open_position row;
  memset(&row, 0, sizeof row);
  int32_t asked = call->request->position_side;
  int32_t code = bourse_decode_object(decoder, &open_position_table, &row);
  if (code != BOURSE_OK || bourse_decimal_sign(&row.amount) == 0 || !bourse_is_wanted(call, row.names[1])) return code;
  int32_t side = row.side != BOURSE_POSITION_BOTH && row.side != 0 ? row.side
                 : bourse_decimal_sign(&row.amount) > 0            ? BOURSE_POSITION_LONG
                                                                   : BOURSE_POSITION_SHORT;
  if (asked != 0 && asked != BOURSE_POSITION_BOTH && asked != side) return BOURSE_OK;
  if (call->memory != NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "position_side",
                       "there is a long and a short position; say with position_side which to close");
  open_position *kept = bourse_arena_alloc(call->arena, sizeof *kept);
  if (kept == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
  *kept = row;
  call->memory = kept;
  return BOURSE_OK;
}

PARSE(position_to_close) {
  call->memory = NULL;
  int32_t code = bourse_read_rows(call, reply, open_position_row);
  if (code != BOURSE_OK) return code;
  if (call->memory == NULL) return bourse_no_position(call);
  return BOURSE_CONTINUE;
}

BUILD(close_position) {
  const open_position *position = call->memory;
  bourse_decimal amount = position->amount;
  int32_t is_long = bourse_decimal_sign(&amount) > 0;
  bourse_decimal_absolute(&amount);
  bourse_put(call, "symbol", call->market->id);
  if (position->side == BOURSE_POSITION_LONG || position->side == BOURSE_POSITION_SHORT) {
    is_long = position->side == BOURSE_POSITION_LONG;
    bourse_put(call, "positionSide", is_long ? "LONG" : "SHORT");
  } else {
    bourse_put(call, "reduceOnly", "true");
  }
  bourse_put(call, "side", is_long ? "SELL" : "BUY");
  bourse_put(call, "type", "MARKET");
  bourse_put_decimal(call, "quantity", &amount);
  bourse_put(call, "newClientOrderId", call->request->client_order_id);
  bourse_put(call, "newOrderRespType", "RESULT");
  return BOURSE_OK;
}
