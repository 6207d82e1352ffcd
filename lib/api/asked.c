/* api/asked.c - records made out of what was asked for, where replies tell little more than an id; and what adapters ask of a
 * request. The contract is bourse/sys/adapter.h. */
#include <string.h>

#include "api/api.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Orders --- */

void bourse_set_asked(bourse_order *record, const bourse_market *market, const bourse_order_request *order) {
  record->client_order_id = order->client_order_id;
  record->side = order->side;
  record->type = order->type;
  record->time_in_force = order->time_in_force;
  record->price = order->price;
  record->amount = order->amount;
  record->contracts = order->contracts;
  record->requested_cost = order->cost;
  record->stop_loss_price = order->stop_loss_price;
  record->take_profit_price = order->take_profit_price;
  record->trigger_price = order->trigger_price;
  record->trailing_percent = order->trailing_percent;
  record->trailing_amount = order->trailing_amount;
  record->trailing_activation_price = order->trailing_activation_price;
  record->iceberg_amount = order->iceberg_amount;
  record->expire_ns = order->expire_ns;
  record->post_only = order->post_only;
  record->reduce_only = order->reduce_only;
  record->close_position = order->close_position;
  record->position_side = order->position_side;
  record->margin_mode = order->margin_mode;
  record->self_trade = order->self_trade;
  record->trigger_by = order->trigger_by;
  record->conditional = bourse_order_is_conditional(order) ? BOURSE_YES : BOURSE_NO;
  record->realization = BOURSE_NATIVE;
  record->outcome = BOURSE_OUTCOME_EXECUTED;
  if (market == NULL) return;
  record->symbol = market->symbol;
  record->market_id = market->id;
  if (PRESENT(order->contracts)) bourse_from_contracts(market, &order->contracts, &record->amount);
}

bourse_order *bourse_append_amended(bourse_call *call) {
  const bourse_order_request *order = call->order;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return NULL;
  record->id = call->request->order_id;
  record->client_order_id = call->request->client_order_id;
  record->side = order->side;
  record->type = order->type;
  record->price = order->price;
  record->amount = order->amount;
  record->contracts = order->contracts;
  record->iceberg_amount = order->iceberg_amount;
  record->updated_ns = call->now_ns;
  record->realization = BOURSE_NATIVE;
  if (call->market == NULL) return record;
  record->symbol = call->market->symbol;
  record->market_id = call->market->id;
  if (PRESENT(order->contracts)) bourse_from_contracts(call->market, &order->contracts, &record->amount);
  return record;
}

int32_t bourse_check_hedge(bourse_call *call, const bourse_order_request *order) {
  if (order->reduce_only <= 0 || order->position_side == 0 || order->position_side == BOURSE_POSITION_BOTH)
    return BOURSE_OK;
  int32_t closing = order->position_side == BOURSE_POSITION_LONG ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  if (order->side == closing) return BOURSE_OK;
  return bourse_fail(
      call, BOURSE_ERROR_ARGUMENT, "reduce_only", "%s opens a %s position; reduce_only needs the other side",
      order->side == BOURSE_SIDE_BUY ? "buy" : "sell", order->position_side == BOURSE_POSITION_LONG ? "long" : "short");
}

int32_t bourse_check_edit(bourse_call *call, const bourse_order_request *order, uint32_t more) {
  const int32_t visible = (more & BOURSE_EDIT_VISIBLE) != 0;
  const char *field = NULL;
  if (PRESENT(order->cost)) field = "cost";
  if (PRESENT(order->leverage)) field = "leverage";
  if (PRESENT(order->iceberg_amount) && !visible) field = "iceberg_amount";
  if (bourse_order_is_trailing(order)) field = "trailing_amount";
  if (bourse_order_has_attached(order)) field = "attached_stop_loss_trigger";
  if (order->reduce_only > 0) field = "reduce_only";
  if (order->post_only > 0 && (more & BOURSE_EDIT_POST_ONLY) == 0) field = "post_only";
  if (order->time_in_force != 0) field = "time_in_force";
  if (order->client_order_id != NULL) field = "client_order_id";
  if (field != NULL)
    return bourse_unsupported(call, field,
                              visible ? "of an open order amount, price, trigger and visible part can be changed"
                                      : "of an open order amount, price and trigger can be changed");
  if (PRESENT(order->amount) || PRESENT(order->contracts) || PRESENT(order->price) ||
      bourse_order_trigger(order) != NULL || (visible && PRESENT(order->iceberg_amount)))
    return BOURSE_OK;
  return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "amount", "nothing is to be changed: give amount, price%s",
                     visible ? ", a trigger or iceberg_amount" : " or a trigger");
}

int32_t bourse_check_market_time(bourse_call *call, const bourse_order_request *order) {
  if (order->type != BOURSE_ORDER_MARKET || order->time_in_force == 0 ||
      order->time_in_force == BOURSE_IMMEDIATE_OR_CANCEL)
    return BOURSE_OK;
  return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "time_in_force", "a market order takes no time_in_force");
}

static int32_t same(const bourse_decimal *a, const bourse_decimal *b) { return bourse_decimal_compare(a, b) == 0; }

int32_t bourse_check_pair(bourse_call *call, const bourse_order_request **stop, const bourse_order_request **gain) {
  const bourse_request *request = call->request;
  if (request->list_kind != BOURSE_LIST_OCO || request->order_count != 2)
    return bourse_unsupported(call, "list_kind",
                              "orders that hang together are OCO: two, one of which cancels the other");
  const bourse_order_request *a = request->orders[0], *b = request->orders[1];
  *stop = PRESENT(a->stop_loss_price) ? a : b;
  *gain = *stop == a ? b : a;
  if (!PRESENT((*stop)->stop_loss_price) || PRESENT((*gain)->stop_loss_price) || PRESENT((*gain)->trigger_price) ||
      (!PRESENT((*gain)->take_profit_price) && (*gain)->type != BOURSE_ORDER_LIMIT))
    return bourse_unsupported(call, "orders",
                              "a pair is a stop loss and a take profit, or a stop loss and a limit order");
  if (call->markets[1] != call->markets[0] || a->side != b->side || !same(&a->amount, &b->amount) ||
      !same(&a->contracts, &b->contracts))
    return bourse_unsupported(call, "orders", "both orders of a pair are of one market, side and size");
  return BOURSE_OK;
}

int32_t bourse_no_order_id(bourse_call *call, const char *field) {
  return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, field, "the reply tells no id of the order");
}

void bourse_set_step(bourse_decimal *step, int64_t decimals) {
  int64_t whole = 1;
  if (decimals < -15 || decimals > 30) return;
  for (int64_t i = decimals; i < 0; i++) whole *= 10;
  bourse_decimal_from_int64(step, whole);
  if (decimals > 0) step->exponent = (int32_t)-decimals;
}

/* --- Money on its way --- */

void bourse_set_transfer(bourse_transfer *transfer, const bourse_call *call) {
  const bourse_request *request = call->request;
  transfer->currency = request->currency;
  transfer->amount = request->amount;
  transfer->from = request->from_wallet;
  transfer->to = request->to_wallet;
  transfer->time_ns = call->now_ns;
}

bourse_transaction *bourse_append_withdrawal(bourse_call *call, const char *id) {
  const bourse_request *request = call->request;
  bourse_transaction *transaction = bourse_append(call, BOURSE_KIND_TRANSACTION);
  if (transaction == NULL) return NULL;
  transaction->id = id;
  transaction->client_id = request->id;
  transaction->currency = request->currency;
  transaction->network = request->network;
  transaction->address = request->address;
  transaction->tag = request->tag;
  transaction->direction = BOURSE_WITHDRAWAL;
  transaction->status = BOURSE_TRANSFER_PENDING;
  transaction->time_ns = call->now_ns;
  return transaction;
}

/* --- Books --- */

static uint32_t depth_of(const bourse_call *call, uint32_t count) {
  return call->request->limit != 0 && call->request->limit < count ? call->request->limit : count;
}

bourse_order_book *bourse_append_book(bourse_call *call, const bourse_level_list *bids, const bourse_level_list *asks) {
  bourse_order_book *book = bourse_append(call, BOURSE_KIND_ORDER_BOOK);
  if (book == NULL) return NULL;
  if (call->market != NULL) {
    book->symbol = call->market->symbol;
    book->id = call->market->id;
  }
  book->bids = bids->levels;
  book->bid_count = depth_of(call, bids->count);
  book->asks = asks->levels;
  book->ask_count = depth_of(call, asks->count);
  return book;
}

/* --- What was asked for --- */

int32_t bourse_in_range(const bourse_call *call, int64_t time_ns) {
  const bourse_request *request = call->request;
  return time_ns >= request->since_ns && (request->until_ns == 0 || time_ns <= request->until_ns);
}

int32_t bourse_no_position(bourse_call *call) {
  return bourse_fail(call, BOURSE_ERROR_NOT_FOUND, "symbol", "there is no open position in %s", call->request->symbol);
}
