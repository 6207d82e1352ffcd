/* exchange/binance/lists.c - orders that hang together on spot and margin: OCO, OTO, OTOCO, OPO, OPOCO, and stop loss
 * and take profit attached to an order.
 *
 * A pair stands above and below the market price. A sale gains above and loses below, a purchase the other way round,
 * so LIMIT_MAKER and TAKE_PROFIT* of a sale are above and its STOP_LOSS* is below. */
#include <string.h>

#include "exchange/binance/binance.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Names of the legs' parameters --- */

#define LEG(prefix_, side_, quantity_)                                                             \
  {                                                                                                \
    prefix_ "Type", side_, prefix_ "TimeInForce", quantity_, prefix_ "Price", prefix_ "StopPrice", \
        prefix_ "TrailingDelta", prefix_ "IcebergQty", prefix_ "ClientOrderId"                     \
  }

static const bourse__binance_names above = LEG("above", NULL, NULL);
static const bourse__binance_names below = LEG("below", NULL, NULL);
static const bourse__binance_names working = LEG("working", "workingSide", "workingQuantity");
static const bourse__binance_names pending = LEG("pending", "pendingSide", "pendingQuantity");
static const bourse__binance_names pending_unsized = LEG("pending", "pendingSide", NULL);
static const bourse__binance_names pending_above = LEG("pendingAbove", NULL, NULL);
static const bourse__binance_names pending_below = LEG("pendingBelow", NULL, NULL);

/* The older OCO, the only one on margin: a limit leg and a stop leg. */
static const bourse__binance_names old_limit = {
    NULL, "side", NULL, "quantity", "price", NULL, NULL, "limitIcebergQty", "limitClientOrderId"};
static const bourse__binance_names old_stop = {NULL,
                                               NULL,
                                               "stopLimitTimeInForce",
                                               NULL,
                                               "stopLimitPrice",
                                               "stopPrice",
                                               "trailingDelta",
                                               "stopIcebergQty",
                                               "stopClientOrderId"};

/* --- Checks --- */

static int32_t same_amount(const bourse_order_request *a, const bourse_order_request *b) {
  return bourse_decimal_compare(&a->amount, &b->amount) == 0;
}

/* What goes once with the whole list must not differ between its orders. */
static int32_t check_list(bourse_call *call, uint32_t wanted) {
  const bourse_request *request = call->request;
  const char *differs = NULL;
  if (request->order_count != wanted)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "orders", "this kind of list has %u orders; %u were given", wanted,
                       request->order_count);
  for (uint32_t i = 0; i < wanted; i++) {
    const bourse_order_request *order = request->orders[i], *first = request->orders[0];
    if (PRESENT(order->cost)) return bourse_unsupported(call, "cost", "orders in lists take amount");
    if (order->test > 0) return bourse_unsupported(call, "test", "lists cannot be tested");
    if (bourse_order_has_attached(order))
      return bourse_unsupported(call, "attached_stop_loss_trigger", "orders in lists have no others attached");
    if (call->markets[i] != call->markets[0]) differs = "symbol";
    if (order->margin_mode != first->margin_mode) differs = "margin_mode";
    if (order->self_trade != first->self_trade) differs = "self_trade";
    if (order->borrow != first->borrow) differs = "borrow";
  }
  if (differs == NULL) return BOURSE_OK;
  return bourse_fail(call, BOURSE_ERROR_ARGUMENT, differs, "all orders of a list have the same %s", differs);
}

/* A leg of a pair: the limit leg rests on the book as a maker, which is what LIMIT_MAKER says. */
static int32_t plan_leg(bourse_call *call, const bourse_order_request *order, bourse__binance_plan *plan) {
  int32_t code = bourse__binance_plan_spot(call, order, call->margin_mode, plan);
  if (code != BOURSE_OK || bourse_order_is_conditional(order)) return code;
  if (order->type == BOURSE_ORDER_MARKET)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "type",
                       "an order of a pair is a limit order or waits for a trigger");
  if (order->time_in_force != 0 && order->time_in_force != BOURSE_GOOD_TILL_CANCELED)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "time_in_force", "the limit order of a pair is good till canceled");
  plan->type = "LIMIT_MAKER";
  plan->time_in_force = NULL;
  return BOURSE_OK;
}

/* Plans both legs; *upper becomes 0 or 1, which of them is above the market. */
static int32_t plan_pair(bourse_call *call, const bourse_order_request *const legs[2], bourse__binance_plan plans[2],
                         int32_t *upper) {
  for (int32_t i = 0; i < 2; i++) {
    int32_t code = plan_leg(call, legs[i], &plans[i]);
    if (code != BOURSE_OK) return code;
  }
  if (legs[0]->side != legs[1]->side || !same_amount(legs[0], legs[1]))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, legs[0]->side != legs[1]->side ? "side" : "amount",
                       "both orders of a pair have the same side and amount");
  if (plans[0].takes_profit == plans[1].takes_profit)
    return bourse_fail(
        call, BOURSE_ERROR_ARGUMENT, "orders",
        "one order of a pair takes profit (limit or take_profit_price), the other stops loss (stop_loss_price)");
  *upper = plans[0].takes_profit == (legs[0]->side == BOURSE_SIDE_SELL) ? 0 : 1;
  return BOURSE_OK;
}

static int32_t plan_working(bourse_call *call, const bourse_order_request *order, int32_t margin_mode,
                            bourse__binance_plan *plan) {
  int32_t code = bourse__binance_plan_spot(call, order, margin_mode, plan);
  if (code == BOURSE_OK && (order->type != BOURSE_ORDER_LIMIT || bourse_order_is_conditional(order)))
    return bourse_unsupported(call, "type", "the first order of such a list is a limit order without a trigger");
  return code;
}

static int32_t put_frame(bourse_call *call, const bourse_order_request *order) {
  bourse__binance_subject subject = {order, call->market, call->margin_mode};
  bourse_put(call, "listClientOrderId",
             call->operation == BOURSE_OP_CREATE_ORDER_LIST ? call->request->client_order_id : NULL);
  return bourse__binance_put_spot_frame(call, &subject);
}

/* --- Lists --- */

BUILD(oco) {
  bourse__binance_plan plans[2];
  int32_t upper, code = check_list(call, 2);
  if (code == BOURSE_OK) code = plan_pair(call, call->request->orders, plans, &upper);
  if (code != BOURSE_OK) return code;
  const bourse_order_request *const *legs = call->request->orders;
  bourse_put(call, "side", bourse__binance_side(legs[0]->side));
  bourse_put_decimal(call, "quantity", &legs[0]->amount);
  bourse__binance_put_order(call, &above, legs[upper], &plans[upper]);
  bourse__binance_put_order(call, &below, legs[1 - upper], &plans[1 - upper]);
  return put_frame(call, legs[0]);
}

BUILD(margin_oco) {
  bourse__binance_plan plans[2];
  int32_t upper, code = check_list(call, 2);
  if (code == BOURSE_OK) code = plan_pair(call, call->request->orders, plans, &upper);
  if (code != BOURSE_OK) return code;
  const bourse_order_request *const *legs = call->request->orders;
  int32_t gain = plans[0].takes_profit ? 0 : 1;
  if (bourse_order_is_conditional(legs[gain]))
    return bourse_unsupported(call, "take_profit_price", "a pair on margin is a limit order and a stop loss");
  bourse__binance_put_order(call, &old_limit, legs[gain], &plans[gain]);
  bourse__binance_put_order(call, &old_stop, legs[1 - gain], &plans[1 - gain]);
  return put_frame(call, legs[0]);
}

/* OPO sizes what comes later by what the first order received, so amounts there only repeat the first one's. */
static int32_t check_proceeds(bourse_call *call) {
  const bourse_request *request = call->request;
  if (request->list_kind != BOURSE_LIST_OPO && request->list_kind != BOURSE_LIST_OPOCO) return BOURSE_OK;
  if (request->orders[0]->side != BOURSE_SIDE_BUY)
    return bourse_unsupported(call, "side", "the first order of OPO and OPOCO buys");
  for (uint32_t i = 1; i < request->order_count; i++)
    if (!same_amount(request->orders[i], request->orders[0]))
      return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "amount",
                         "OPO and OPOCO size the later orders themselves; give them the amount of the first");
  return BOURSE_OK;
}

BUILD(oto) {
  bourse__binance_plan plans[2];
  int32_t code = check_list(call, 2);
  if (code == BOURSE_OK) code = check_proceeds(call);
  if (code == BOURSE_OK) code = plan_working(call, call->request->orders[0], call->margin_mode, &plans[0]);
  if (code == BOURSE_OK) code = bourse__binance_plan_spot(call, call->request->orders[1], call->margin_mode, &plans[1]);
  if (code != BOURSE_OK) return code;
  const bourse_order_request *const *legs = call->request->orders;
  bourse__binance_put_order(call, &working, legs[0], &plans[0]);
  bourse__binance_put_order(call, call->request->list_kind == BOURSE_LIST_OPO ? &pending_unsized : &pending, legs[1],
                            &plans[1]);
  return put_frame(call, legs[0]);
}

static void put_pending_pair(bourse_call *call, const bourse_order_request *const legs[2],
                             const bourse__binance_plan plans[2], int32_t upper, int32_t sized) {
  bourse_put(call, "pendingSide", bourse__binance_side(legs[0]->side));
  if (sized) bourse_put_decimal(call, "pendingQuantity", &legs[0]->amount);
  bourse__binance_put_order(call, &pending_above, legs[upper], &plans[upper]);
  bourse__binance_put_order(call, &pending_below, legs[1 - upper], &plans[1 - upper]);
}

BUILD(otoco) {
  bourse__binance_plan first, plans[2];
  int32_t upper, code = check_list(call, 3);
  if (code == BOURSE_OK) code = check_proceeds(call);
  if (code == BOURSE_OK) code = plan_working(call, call->request->orders[0], call->margin_mode, &first);
  if (code == BOURSE_OK) code = plan_pair(call, call->request->orders + 1, plans, &upper);
  if (code != BOURSE_OK) return code;
  bourse__binance_put_order(call, &working, call->request->orders[0], &first);
  put_pending_pair(call, call->request->orders + 1, plans, upper, call->request->list_kind == BOURSE_LIST_OTOCO);
  return put_frame(call, call->request->orders[0]);
}

/* --- Attached orders --- */

/* What an attached trigger stands for: an order of the other side over the same amount. */
static bourse_order_request attached(const bourse_order_request *order, const bourse_decimal *price) {
  bourse_order_request leg = BOURSE_ORDER_REQUEST_INIT;
  leg.symbol = order->symbol;
  leg.side = order->side == BOURSE_SIDE_BUY ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  leg.type = bourse_decimal_is_present(price) ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  leg.amount = order->amount;
  leg.price = *price;
  return leg;
}

BUILD(attached_orders) {
  bourse__binance_plan first, plans[2];
  bourse__binance_subject subject = bourse__binance_subject_of(call);
  const bourse_order_request *order = subject.order;
  bourse_order_request stop = attached(order, &order->attached_stop_loss_price);
  bourse_order_request gain = attached(order, &order->attached_take_profit_price);
  stop.stop_loss_price = order->attached_stop_loss_trigger;
  gain.take_profit_price = order->attached_take_profit_trigger;
  int32_t upper, code = plan_working(call, order, subject.margin_mode, &first);
  if (code != BOURSE_OK) return code;
  bourse__binance_put_order(call, &working, order, &first);
  if ((call->endpoint->variant & ~BINANCE_OVER_SOCKET) == BINANCE_OTOCO) {
    const bourse_order_request *const legs[2] = {&stop, &gain};
    code = plan_pair(call, legs, plans, &upper);
    if (code != BOURSE_OK) return code;
    put_pending_pair(call, legs, plans, upper, 1);
  } else {
    const bourse_order_request *leg = bourse_decimal_is_present(&stop.stop_loss_price) ? &stop : &gain;
    code = bourse__binance_plan_spot(call, leg, subject.margin_mode, &plans[0]);
    if (code != BOURSE_OK) return code;
    bourse__binance_put_order(call, &pending, leg, &plans[0]);
  }
  return bourse__binance_put_spot_frame(call, &subject);
}

/* --- Naming and listing --- */

BUILD(list_id) {
  const bourse_request *request = call->request;
  int32_t cancels = call->operation == BOURSE_OP_CANCEL_ORDER_LIST;
  if ((request->id == NULL) == (request->client_order_id == NULL))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "id", "id or client_order_id of the list is needed, and not both");
  if (cancels || bourse_call_for(call) == BOURSE_FOR_ISOLATED) {
    int32_t code = bourse__binance_put_symbol(call);
    if (code != BOURSE_OK) return code;
  }
  bourse_put(call, "orderListId", request->id);
  bourse_put(call, cancels ? "listClientOrderId" : "origClientOrderId", request->client_order_id);
  return BOURSE_OK;
}

BUILD(lists) {
  if (call->request->id != NULL && (call->since_ns != 0 || call->until_ns != 0))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "id", "lists are found by id or by time, not by both");
  if (bourse_call_for(call) == BOURSE_FOR_ISOLATED) {
    int32_t code = bourse__binance_put_symbol(call);
    if (code != BOURSE_OK) return code;
  }
  bourse_put(call, "fromId", call->request->id);
  bourse_put_range(call, "startTime", "endTime", "limit");
  return BOURSE_OK;
}
