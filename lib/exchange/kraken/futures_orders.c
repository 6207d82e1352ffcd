/* exchange/kraken/futures_orders.c - placing, changing and canceling orders of futures. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/kraken/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Orders --- */

static int32_t check_order(bourse_call *call, const bourse_order_request *order) {
  const char *field = NULL, *why = NULL;
  if (PRESENT(order->cost)) field = "cost", why = "futures orders take amount or contracts";
  if (PRESENT(order->leverage)) field = "leverage", why = "orders carry no leverage; set it with set_leverage";
  if (order->margin_mode != 0) field = "margin_mode", why = "orders carry no margin mode; set it with set_margin_mode";
  if (order->borrow != 0) field = "borrow", why = "futures do not borrow";
  if (PRESENT(order->iceberg_amount)) field = "iceberg_amount", why = "futures have no iceberg orders";
  if (PRESENT(order->trailing_activation_price))
    field = "trailing_activation_price", why = "a trailing order is active at once";
  if (bourse_order_is_trailing(order) && order->type == BOURSE_ORDER_LIMIT)
    field = "type", why = "a trailing order becomes a market order";
  if (bourse_order_has_attached(order))
    field = "attached_stop_loss_trigger", why = "futures attach no orders; send them separately with reduce_only";
  if (order->close_position > 0)
    field = "close_position", why = "an order takes an amount; the operation close_position closes all of it";
  if (order->position_side == BOURSE_POSITION_LONG || order->position_side == BOURSE_POSITION_SHORT)
    field = "position_side", why = "there is one position a market";
  if (order->self_trade != 0) field = "self_trade", why = "it is a setting of the whole account";
  if (order->test > 0) field = "test", why = "futures orders cannot be tested";
  if (order->time_in_force == BOURSE_GOOD_TILL_DATE)
    field = "time_in_force", why = "futures have no good-till-date; good till canceled, IOC and FOK are there";
  if (order->post_only > 0 && bourse_order_is_conditional(order))
    field = "post_only", why = "a conditional order cannot be post-only";
  if (bourse_order_is_conditional(order) && order->time_in_force > BOURSE_GOOD_TILL_CANCELED)
    field = "time_in_force", why = "a conditional order is good till canceled";
  if (order->trigger_by == BOURSE_PRICE_PREMIUM)
    field = "trigger_by", why = "orders trigger on last, mark or index price";
  if (field != NULL) return bourse_unsupported(call, field, why);
  if (order->type == BOURSE_ORDER_MARKET && order->time_in_force != 0 &&
      order->time_in_force != BOURSE_IMMEDIATE_OR_CANCEL && !bourse_order_is_conditional(order))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "time_in_force", "a market order takes no time_in_force");
  return BOURSE_OK;
}

static const char *type_of(const bourse_order_request *order) {
  if (bourse_order_is_trailing(order)) return "trailing_stop";
  if (bourse_order_is_conditional(order)) return bourse_order_takes_profit(order) ? "take_profit" : "stp";
  if (order->type == BOURSE_ORDER_MARKET) return "mkt";
  if (order->post_only > 0) return "post";
  return order->time_in_force == BOURSE_IMMEDIATE_OR_CANCEL ? "ioc"
         : order->time_in_force == BOURSE_FILL_OR_KILL      ? "fok"
                                                            : "lmt";
}

/* Contracts of linear markets are base units times their size; those of inverse ones are the unit. */
static int32_t put_size(bourse_call *call, const bourse_market *market, const bourse_order_request *order) {
  bourse_decimal size = PRESENT(order->contracts) ? order->contracts : order->amount;
  if (PRESENT(order->contracts) && market->product == BOURSE_PRODUCT_LINEAR && PRESENT(market->contract_size) &&
      bourse_decimal_mul(&size, &order->contracts, &market->contract_size) != BOURSE_OK)
    return bourse_fail(call, BOURSE_ERROR_OVERFLOW, "contracts", "contracts times contract size does not fit");
  bourse_put_decimal(call, "size", &size);
  return BOURSE_OK;
}

static int32_t put_trailing(bourse_call *call, const bourse_order_request *order) {
  const bourse_decimal least = {1, 0, -1, BOURSE_DECIMAL_PRESENT}, most = {50, 0, 0, BOURSE_DECIMAL_PRESENT};
  const bourse_decimal *percent = &order->trailing_percent;
  if (!bourse_order_is_trailing(order)) return BOURSE_OK;
  if (PRESENT(*percent) &&
      (bourse_decimal_compare(percent, &least) < 0 || bourse_decimal_compare(percent, &most) > 0)) {
    char given[BOURSE_DECIMAL_TEXT_SIZE];
    bourse_decimal_format(given, sizeof given, percent);
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "trailing_percent", "trailing_percent is %s; 0.1 to 50 are allowed",
                       given);
  }
  bourse_put_decimal(call, "trailingStopMaxDeviation", PRESENT(*percent) ? percent : &order->trailing_amount);
  bourse_put(call, "trailingStopDeviationUnit", PRESENT(*percent) ? "PERCENT" : "QUOTE_CURRENCY");
  return BOURSE_OK;
}

/* A stop loss and a take profit close a position: they only reduce it, unless reduce_only says no. */
static int32_t only_reduces(const bourse_order_request *order) {
  int32_t closes = PRESENT(order->stop_loss_price) || PRESENT(order->take_profit_price);
  return order->reduce_only > 0 || (closes && order->reduce_only == BOURSE_UNSET);
}

static void put_true(bourse_call *call, const char *name, int32_t json) {
  if (json)
    bourse_put_json(call, name, "true");
  else
    bourse_put(call, name, "true");
}

/* json: for an object in a batch, where yes is no string. */
static int32_t put_order(bourse_call *call, const bourse_market *market, const bourse_order_request *order,
                         int32_t json) {
  int32_t code = check_order(call, order);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "orderType", type_of(order));
  bourse_put(call, "symbol", market->id);
  bourse_put(call, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  code = put_size(call, market, order);
  bourse_put_decimal(call, "limitPrice", &order->price);
  if (bourse_order_is_conditional(order)) {
    const bourse_decimal *trigger = bourse_order_trigger(order);
    if (trigger != NULL) bourse_put_decimal(call, "stopPrice", trigger);
    bourse_put(call, "triggerSignal",
               order->trigger_by == BOURSE_PRICE_MARK    ? "mark"
               : order->trigger_by == BOURSE_PRICE_INDEX ? "index"
                                                         : "last");
    if (code == BOURSE_OK) code = put_trailing(call, order);
  }
  bourse_put(call, "cliOrdId", order->client_order_id);
  if (only_reduces(order)) put_true(call, "reduceOnly", json);
  return code;
}

FUTURES_BUILD(order) { return put_order(call, call->market, call->order, 0); }

/* --- Changing --- */

/* Sizes are the new ones and not differences. */
static int32_t put_edit(bourse_call *call, const bourse_market *market, const bourse_order_request *order,
                        const char *id, const char *client_id) {
  const bourse_decimal *trigger = bourse_order_trigger(order);
  if (!PRESENT(order->amount) && !PRESENT(order->contracts) && !PRESENT(order->price) && trigger == NULL &&
      !bourse_order_is_trailing(order))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "amount",
                       "nothing is to be changed: give amount, contracts, price or a trigger");
  if (PRESENT(order->cost)) return bourse_unsupported(call, "cost", "futures orders take amount or contracts");
  if (id != NULL)
    bourse_put(call, "orderId", id);
  else
    bourse_put(call, "cliOrdId", client_id);
  int32_t code = put_size(call, market, order);
  bourse_put_decimal(call, "limitPrice", &order->price);
  if (trigger != NULL) bourse_put_decimal(call, "stopPrice", trigger);
  if (code == BOURSE_OK) code = put_trailing(call, order);
  if (bourse_get_param(call, "size") != NULL) bourse_put(call, "qtyMode", "ABSOLUTE");
  return code;
}

FUTURES_BUILD(edit) {
  return put_edit(call, call->market, call->order, call->request->order_id, call->request->client_order_id);
}

/* --- Canceling --- */

static int32_t put_id(bourse_call *call, const char *id, const char *client_id) {
  if (id != NULL)
    bourse_put(call, "order_id", id);
  else if (client_id != NULL)
    bourse_put(call, "cliOrdId", client_id);
  else
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "order_id", "order_id or client_order_id is needed");
  return BOURSE_OK;
}

FUTURES_BUILD(cancel) { return put_id(call, call->request->order_id, call->request->client_order_id); }

/* Without a symbol, the orders of the whole account. */
FUTURES_BUILD(cancel_all) {
  if (call->request->trigger != 0)
    return bourse_unsupported(call, "trigger", "conditional orders are canceled together with the others");
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  return BOURSE_OK;
}

FUTURES_BUILD(countdown) {
  int64_t timer_ms = call->request->timer_ms;
  if (call->market != NULL) return bourse_unsupported(call, "symbol", "the switch is one for the whole account");
  bourse_put_int(call, "timeout", timer_ms > 0 ? timer_ms / 1000 + (timer_ms % 1000 != 0) : 0);
  return BOURSE_OK;
}

/* --- Several at once: json={"batchOrder": [{"order": "send", ...}]} --- */

/* A new order carries its number, by which the answer names it. */
static int32_t put_item(bourse_call *call, uint32_t index) {
  const bourse_request *request = call->request;
  switch (call->operation) {
    case BOURSE_OP_CANCEL_ORDERS:
      bourse_put(call, "order", "cancel");
      return put_id(call, bourse_item_id(call, index), bourse_item_client_id(call, index));
    case BOURSE_OP_EDIT_ORDERS:
      bourse_put(call, "order", "edit");
      return put_edit(call, call->markets[index], request->orders[index], bourse_item_id(call, index),
                      bourse_item_client_id(call, index));
    default: break;
  }
  bourse_put(call, "order", "send");
  bourse_put_int(call, "order_tag", (int64_t)index + 1);
  return put_order(call, call->markets[index], request->orders[index], 1);
}

FUTURES_BUILD(batch) {
  bourse_text text;
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1], mark = call->wire.param_count;
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, "{\"batchOrder\":[");
  for (uint32_t i = first; i < first + count; i++) {
    int32_t code = put_item(call, i);
    if (code != BOURSE_OK) return code;
    if (i > first) bourse_text_char(&text, ',');
    bourse_fold_params(call, &text, mark);
  }
  bourse_text_string(&text, "]}");
  if (bourse_text_finish(&text) == NULL) return bourse_fail_memory(call);
  bourse_put_bytes(call, "json", text.data, text.length);
  bourse_set_weight(call, 9 + count);
  return BOURSE_OK;
}

/* --- One order that is asked for --- */

FUTURES_BUILD(order_status) {
  const bourse_request *request = call->request;
  if (request->order_id == NULL && request->client_order_id == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "order_id", "order_id or client_order_id is needed");
  if (request->order_id != NULL)
    bourse_put(call, "orderIds", request->order_id);
  else
    bourse_put(call, "cliOrdIds", request->client_order_id);
  return BOURSE_OK;
}

/* --- Closing a position --- */

typedef struct open_position {
  const char *names[2];
  bourse_decimal size;
  bourse_slice side;
} open_position;

static const bourse_field position_fields[] = {
    FUTURES_MARKET("symbol", open_position, names),
    BOURSE_FIELD_FULL("side", SLICE, open_position, side, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("size", DECIMAL, open_position, size),
};
static const bourse_table position_table = BOURSE_TABLE(position_fields);

static int32_t position_row(bourse_call *call, bourse_decoder *decoder) {
  open_position row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &position_table, &row);
  if (code != BOURSE_OK || bourse_decimal_sign(&row.size) == 0 || !bourse_is_wanted(call, row.names[1])) return code;
  int32_t side = bourse_slice_is(row.side, "short") ? BOURSE_POSITION_SHORT : BOURSE_POSITION_LONG;
  int32_t asked = call->request->position_side;
  if (asked != 0 && asked != BOURSE_POSITION_BOTH && asked != side) return BOURSE_OK;
  open_position *kept = bourse_arena_alloc(call->arena, sizeof *kept);
  if (kept == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
  *kept = row;
  kept->side = (bourse_slice){NULL, 0}; /* it lies in the reply */
  call->scratch[SCRATCH_STAGE] = side;
  call->memory = kept;
  return BOURSE_OK;
}

FUTURES_PARSE(position_to_close) {
  call->memory = NULL;
  int32_t code = bourse__kraken_futures_list(call, reply, "openPositions", position_row);
  if (code != BOURSE_OK) return code;
  if (call->memory == NULL) return bourse_no_position(call);
  return BOURSE_CONTINUE;
}

FUTURES_BUILD(close_position) {
  const open_position *position = call->memory;
  bourse_decimal size = position->size;
  bourse_decimal_absolute(&size);
  bourse_put(call, "orderType", "mkt");
  bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "side", call->scratch[SCRATCH_STAGE] == BOURSE_POSITION_LONG ? "sell" : "buy");
  bourse_put_decimal(call, "size", &size);
  bourse_put(call, "cliOrdId", call->request->client_order_id);
  bourse_put(call, "reduceOnly", "true");
  return BOURSE_OK;
}
