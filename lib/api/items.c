/* api/items.c - what adapters ask about orders, and operations on several of them: create_orders, edit_orders and
 * cancel_orders. The items of one request begin at scratch[0] and are scratch[1] many. The contract is
 * bourse/sys/adapter.h. */
#include <string.h>

#include "api/api.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- One order --- */

int32_t bourse_order_has_attached(const bourse_order_request *order) {
  return PRESENT(order->attached_stop_loss_trigger) || PRESENT(order->attached_take_profit_trigger) ||
         PRESENT(order->attached_stop_loss_price) || PRESENT(order->attached_take_profit_price);
}

int32_t bourse_order_is_trailing(const bourse_order_request *order) {
  return PRESENT(order->trailing_percent) || PRESENT(order->trailing_amount);
}

int32_t bourse_order_is_conditional(const bourse_order_request *order) {
  return PRESENT(order->stop_loss_price) || PRESENT(order->take_profit_price) || PRESENT(order->trigger_price) ||
         bourse_order_is_trailing(order);
}

/* A stop loss fires when a sale sinks or a purchase rises; TAKE_PROFIT the other way round. */
int32_t bourse_order_takes_profit(const bourse_order_request *order) {
  if (PRESENT(order->take_profit_price)) return 1;
  if (!PRESENT(order->trigger_price)) return 0;
  return (order->trigger_direction == BOURSE_TRIGGER_RISE) == (order->side == BOURSE_SIDE_SELL);
}

const bourse_decimal *bourse_order_trigger(const bourse_order_request *order) {
  if (PRESENT(order->stop_loss_price)) return &order->stop_loss_price;
  if (PRESENT(order->take_profit_price)) return &order->take_profit_price;
  if (PRESENT(order->trigger_price)) return &order->trigger_price;
  return PRESENT(order->trailing_activation_price) ? &order->trailing_activation_price : NULL;
}

/* --- Several --- */

uint32_t bourse_item_count(const bourse_call *call) {
  const bourse_request *request = call->request;
  if (call->operation != BOURSE_OP_CANCEL_ORDERS) return request->order_count;
  return request->order_id_count > 0 ? request->order_id_count : request->client_order_id_count;
}

const char *bourse_item_id(const bourse_call *call, uint32_t index) {
  return index < call->request->order_id_count ? call->request->order_ids[index] : NULL;
}

const char *bourse_item_client_id(const bourse_call *call, uint32_t index) {
  return index < call->request->client_order_id_count ? call->request->client_order_ids[index] : NULL;
}

uint32_t bourse_plan_items(bourse_call *call, uint32_t most, bourse_together_function together) {
  uint32_t first = (uint32_t)call->scratch[0], count = 1, items = bourse_item_count(call);
  while (count < most && first + count < items && (together == NULL || together(call, first, first + count))) count++;
  call->scratch[1] = count;
  return count;
}

int32_t bourse_is_item(const bourse_call *call) {
  return (call->operation == BOURSE_OP_CREATE_ORDERS || call->operation == BOURSE_OP_CANCEL_ORDERS ||
          call->operation == BOURSE_OP_EDIT_ORDERS) &&
         bourse_item_count(call) > 1;
}

int32_t bourse_next_items(bourse_call *call) {
  if (call->operation != BOURSE_OP_CREATE_ORDERS && call->operation != BOURSE_OP_CANCEL_ORDERS &&
      call->operation != BOURSE_OP_EDIT_ORDERS)
    return BOURSE_OK;
  call->scratch[0] += call->scratch[1];
  return call->scratch[0] < bourse_item_count(call) ? BOURSE_CONTINUE : BOURSE_OK;
}

int32_t bourse_item_failed(bourse_call *call, uint32_t index, int32_t code, int32_t outcome, bourse_slice exchange_code,
                           bourse_slice message) {
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  const bourse_request *request = call->request;
  record->error = code;
  record->outcome = outcome;
  if (exchange_code.length > 0)
    record->error_code = bourse_arena_copy(call->arena, exchange_code.data, exchange_code.length);
  if (message.length > 0) record->error_message = bourse_arena_copy(call->arena, message.data, message.length);
  if (index < request->order_id_count) record->id = request->order_ids[index];
  if (index < request->client_order_id_count) record->client_order_id = request->client_order_ids[index];
  const bourse_market *market = call->market;
  if (index < request->order_count) {
    const bourse_order_request *order = request->orders[index];
    market = call->markets[index];
    if (call->operation == BOURSE_OP_CREATE_ORDERS) record->client_order_id = order->client_order_id;
    record->side = order->side;
    record->type = order->type;
    record->price = order->price;
    record->amount = order->amount;
    record->contracts = order->contracts;
  }
  if (market == NULL) return BOURSE_OK;
  record->symbol = market->symbol;
  record->market_id = market->id;
  return BOURSE_OK;
}

/* Refusals that concern one item and leave hope for the next. */
int32_t bourse_is_items_own(int32_t code) {
  return code <= -400 && code > -500 && code != BOURSE_ERROR_AUTH && code != BOURSE_ERROR_TIMESTAMP &&
         code != BOURSE_ERROR_LOCATION;
}

/* One of several items was refused: that is told in its record. Where nothing more will be taken now, so is it for the
 * rest. */
int32_t bourse_fail_items(bourse_call *call, int32_t code, int32_t outcome, bourse_slice exchange_code,
                          bourse_slice message) {
  static const char why[] = "not sent after an earlier one was refused";
  const bourse_slice not_sent = {why, sizeof why - 1};
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1];
  int32_t goes_on = bourse_is_items_own(code) || outcome == BOURSE_OUTCOME_UNKNOWN, next = BOURSE_CONTINUE;
  for (uint32_t i = first; i < first + count; i++)
    if (bourse_item_failed(call, i, code, outcome, exchange_code, message) != BOURSE_OK) return BOURSE_ERROR_MEMORY;
  while ((next = bourse_next_items(call)) == BOURSE_CONTINUE && !goes_on) {
    call->scratch[1] = 1;
    if (bourse_item_failed(call, (uint32_t)call->scratch[0], code, BOURSE_OUTCOME_NOT_SENT, (bourse_slice){"", 0},
                           not_sent) != BOURSE_OK)
      return BOURSE_ERROR_MEMORY;
  }
  return next == BOURSE_CONTINUE ? BOURSE_CONTINUE : BOURSE_DONE;
}
