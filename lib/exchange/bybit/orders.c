/* exchange/bybit/orders.c - placing, changing and canceling orders.
 *
 * Every answer means "taken in": it tells the ids alone, and what becomes of the order is told by lists and streams. */
#include <string.h>

#include "exchange/bybit/bybit.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Which order --- */

/* The order that this step is about, and its market. */
static const bourse_order_request *subject(const bourse_call *call, const bourse_market **market) {
  uint32_t index = (uint32_t)call->scratch[0];
  *market = call->market;
  if (call->operation != BOURSE_OP_CREATE_ORDERS) return call->order;
  *market = call->markets[index];
  return call->request->orders[index];
}

uint32_t bourse__bybit_order_variant(const bourse_order_request *order) {
  return bourse_order_is_trailing(order) ? BYBIT_TRAILING : BYBIT_USUAL;
}

/* --- Several items --- */

int32_t bourse__bybit_is_batch(const bourse_call *call) {
  return (call->endpoint->variant & ~(uint32_t)BYBIT_OVER_SOCKET) == BYBIT_BATCH;
}

static int32_t go_together(const bourse_call *call, uint32_t a, uint32_t b) {
  if (call->operation != BOURSE_OP_CREATE_ORDERS) return 1;
  return !bourse_order_is_trailing(call->request->orders[a]) && !bourse_order_is_trailing(call->request->orders[b]);
}

/* Spot takes ten at once, contracts twenty. A conditional order on spot is canceled alone, for its kind must be named. */
uint32_t bourse__bybit_plan_step(bourse_call *call) {
  int32_t spot = call->product == BOURSE_PRODUCT_SPOT;
  if (call->operation == BOURSE_OP_CANCEL_ORDERS && spot && call->request->trigger > 0) {
    call->scratch[1] = 1;
    return BYBIT_USUAL;
  }
  bourse_plan_items(call, spot ? 10 : 20, go_together);
  int32_t alone =
      call->operation == BOURSE_OP_CREATE_ORDERS && bourse_order_is_trailing(call->request->orders[call->scratch[0]]);
  return alone ? BYBIT_TRAILING : BYBIT_BATCH;
}

/* --- What an order may have --- */

static int32_t check_any(bourse_call *call, const bourse_order_request *order) {
  const char *field = NULL, *why = NULL;
  if (PRESENT(order->leverage)) field = "leverage", why = "orders carry no leverage; set it with set_leverage";
  if (PRESENT(order->iceberg_amount))
    field = "iceberg_amount", why = "icebergs are strategies of the exchange, not orders; call_raw reaches them";
  if (order->time_in_force == BOURSE_GOOD_TILL_DATE)
    field = "time_in_force", why = "there is no good-till-date; good till canceled, IOC and FOK are there";
  if (order->self_trade > BOURSE_SELF_TRADE_CANCEL_BOTH)
    field = "self_trade", why = "an order cancels the maker, the taker, both or none";
  if (order->test > 0) field = "test", why = "orders cannot be tried out";
  if (field != NULL) return bourse_unsupported(call, field, why);
  return bourse_check_market_time(call, order);
}

static int32_t check_spot(bourse_call *call, const bourse_order_request *order, int32_t margin_mode) {
  const char *field = NULL, *why = NULL;
  if (margin_mode == BOURSE_MARGIN_ISOLATED)
    field = "margin_mode", why = "spot has cross margin only, on the unified account";
  if (order->borrow != 0 && margin_mode == 0) field = "borrow", why = "borrowing needs margin_mode cross";
  if (order->borrow != 0 && order->borrow != BOURSE_BORROW_AUTO && margin_mode != 0)
    field = "borrow", why = "an order on margin borrows what is missing; repay_margin pays back";
  if (order->position_side != 0) field = "position_side", why = "there are no positions on spot";
  if (order->close_position > 0) field = "close_position", why = "there are no positions on spot";
  if (order->reduce_only > 0) field = "reduce_only", why = "there are no positions on spot";
  if (order->trigger_by != 0 && order->trigger_by != BOURSE_PRICE_LAST)
    field = "trigger_by", why = "spot triggers on the last price only";
  if (bourse_order_is_trailing(order)) field = "trailing_amount", why = "stops trail on positions of contracts only";
  if (bourse_order_has_attached(order) && (order->type == BOURSE_ORDER_MARKET || bourse_order_is_conditional(order)))
    field = "attached_stop_loss_trigger", why = "on spot plain limit orders bring stop loss and take profit along";
  return field == NULL ? BOURSE_OK : bourse_unsupported(call, field, why);
}

static int32_t check_futures(bourse_call *call, const bourse_order_request *order) {
  const char *field = NULL, *why = NULL;
  if (PRESENT(order->cost)) field = "cost", why = "orders for contracts take amount or contracts";
  if (order->margin_mode != 0) field = "margin_mode", why = "it is of the whole account; set it with set_margin_mode";
  if (order->borrow != 0) field = "borrow", why = "contracts do not borrow";
  if (order->close_position > 0 && !bourse_order_is_trailing(order) &&
      (!bourse_order_is_conditional(order) || order->type != BOURSE_ORDER_MARKET))
    field = "close_position",
    why = "only a conditional market order closes a position; the operation close_position does it now";
  if (field != NULL) return bourse_unsupported(call, field, why);
  return bourse_check_hedge(call, order);
}

/* --- Parameters --- */

static const bourse_name times_in_force[] = {
    {"GTC", BOURSE_GOOD_TILL_CANCELED},
    {"IOC", BOURSE_IMMEDIATE_OR_CANCEL},
    {"FOK", BOURSE_FILL_OR_KILL},
    {NULL, 0},
};

static void put_position_index(bourse_call *call, int32_t side) {
  if (side == BOURSE_POSITION_LONG || side == BOURSE_POSITION_SHORT)
    bourse__bybit_put_number(call, "positionIdx", side == BOURSE_POSITION_LONG ? 1 : 2);
}

static const char *child_type(const bourse_decimal *trigger, const bourse_decimal *price, int32_t spot) {
  if (bourse_decimal_is_present(price)) return "Limit";
  return spot && bourse_decimal_is_present(trigger) ? "Market" : NULL;
}

/* On contracts a limit child needs the mode in which parts of a position have their own; the other mode is for the whole, and
 * children are market orders. Spot knows no such modes, and is told what each child is. */
static void put_attached(bourse_call *call, const bourse_order_request *order, int32_t spot) {
  const bourse_decimal *profit = &order->attached_take_profit_trigger, *loss = &order->attached_stop_loss_trigger;
  const bourse_decimal *profit_price = &order->attached_take_profit_price,
                       *loss_price = &order->attached_stop_loss_price;
  bourse_put_decimal(call, "takeProfit", profit);
  bourse_put_decimal(call, "stopLoss", loss);
  if (!spot && (bourse_decimal_is_present(profit_price) || bourse_decimal_is_present(loss_price)))
    bourse_put(call, "tpslMode", "Partial");
  bourse_put(call, "tpOrderType", child_type(profit, profit_price, spot));
  bourse_put_decimal(call, "tpLimitPrice", profit_price);
  bourse_put(call, "slOrderType", child_type(loss, loss_price, spot));
  bourse_put_decimal(call, "slLimitPrice", loss_price);
}

static int32_t put_spot(bourse_call *call, const bourse_order_request *order, int32_t margin_mode) {
  int32_t code = check_spot(call, order, margin_mode);
  if (code != BOURSE_OK) return code;
  if (margin_mode == BOURSE_MARGIN_CROSS) bourse__bybit_put_number(call, "isLeverage", 1);
  /* Without it what a quantity is depends on the side. */
  if (order->type == BOURSE_ORDER_MARKET)
    bourse_put(call, "marketUnit", PRESENT(order->cost) ? "quoteCoin" : "baseCoin");
  bourse_put_decimal(call, "qty", PRESENT(order->cost) ? &order->cost : &order->amount);
  if (!bourse_order_is_conditional(order)) return BOURSE_OK;
  /* A stop loss or take profit holds what it will sell, a trigger alone does not. */
  bourse_put(call, "orderFilter", PRESENT(order->trigger_price) ? "StopOrder" : "tpslOrder");
  bourse_put_decimal(call, "triggerPrice", bourse_order_trigger(order));
  return BOURSE_OK;
}

/* Contracts know no stop loss and take profit among orders: the direction tells. */
static int32_t put_futures(bourse_call *call, const bourse_market *market, const bourse_order_request *order) {
  bourse_decimal quantity;
  int32_t code = check_futures(call, order);
  if (code == BOURSE_OK) code = bourse_order_contracts(call, market, order, &quantity);
  if (code != BOURSE_OK) return code;
  if (order->close_position > 0)
    bourse_put(call, "qty", "0");
  else
    bourse_put_decimal(call, "qty", &quantity);
  put_position_index(call, order->position_side);
  if (order->reduce_only > 0 || order->close_position > 0) bourse_put_json(call, "reduceOnly", "true");
  if (order->close_position > 0) bourse_put_json(call, "closeOnTrigger", "true");
  if (!bourse_order_is_conditional(order)) return BOURSE_OK;
  int32_t rises = bourse_order_takes_profit(order) == (order->side == BOURSE_SIDE_SELL);
  bourse_put_decimal(call, "triggerPrice", bourse_order_trigger(order));
  bourse__bybit_put_number(call, "triggerDirection", rises ? BOURSE_TRIGGER_RISE : BOURSE_TRIGGER_FALL);
  bourse_put(
      call, "triggerBy",
      bourse_name_text(bourse__bybit_trigger_prices, order->trigger_by != 0 ? order->trigger_by : BOURSE_PRICE_LAST));
  return BOURSE_OK;
}

/* All of an order but its category, which goes once with several. */
static int32_t put_order(bourse_call *call, const bourse_market *market, const bourse_order_request *order) {
  int32_t spot = call->product == BOURSE_PRODUCT_SPOT, limit = order->type == BOURSE_ORDER_LIMIT;
  int32_t margin_mode = order->margin_mode != 0 ? order->margin_mode : call->margin_mode;
  int32_t code = check_any(call, order);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "symbol", market->id);
  bourse_put(call, "side", bourse_name_text(bourse__bybit_sides, order->side));
  bourse_put(call, "orderType", limit ? "Limit" : "Market");
  code = spot ? put_spot(call, order, margin_mode) : put_futures(call, market, order);
  if (code != BOURSE_OK) return code;
  bourse_put_decimal(call, "price", &order->price);
  bourse_put(call, "timeInForce",
             order->post_only > 0 ? "PostOnly"
             : limit              ? bourse_name_text(times_in_force, order->time_in_force)
                                  : NULL);
  bourse_put(call, "smpType", bourse_name_text(bourse__bybit_self_trades, order->self_trade));
  put_attached(call, order, spot);
  bourse_put(call, "orderLinkId", order->client_order_id);
  return BOURSE_OK;
}

BUILD(order) {
  const bourse_market *market = NULL;
  const bourse_order_request *order = subject(call, &market);
  bourse_put(call, "category", bourse__bybit_category(call->product));
  return put_order(call, market, order);
}

/* A trailing stop is set on a position, and closes the whole of it. */
BUILD(trailing) {
  const bourse_market *market = NULL;
  const bourse_order_request *order = subject(call, &market);
  int32_t code = check_any(call, order);
  if (code != BOURSE_OK) return code;
  if (call->product == BOURSE_PRODUCT_SPOT) return check_spot(call, order, call->margin_mode);
  code = check_futures(call, order);
  if (code != BOURSE_OK) return code;
  if (PRESENT(order->trailing_percent))
    return bourse_unsupported(call, "trailing_percent", "stops trail by a distance of price; give trailing_amount");
  if (order->close_position <= 0)
    return bourse_unsupported(call, "trailing_amount",
                              "a trailing stop closes the whole position, whatever its size; give close_position");
  if (order->type == BOURSE_ORDER_LIMIT)
    return bourse_unsupported(call, "type", "a trailing stop becomes a market order");
  bourse_put(call, "category", bourse__bybit_category(call->product));
  bourse_put(call, "symbol", market->id);
  bourse_put(call, "tpslMode", "Full");
  bourse__bybit_put_number(call, "positionIdx",
                           order->position_side == BOURSE_POSITION_LONG    ? 1
                           : order->position_side == BOURSE_POSITION_SHORT ? 2
                                                                           : 0);
  bourse_put_decimal(call, "trailingStop", &order->trailing_amount);
  bourse_put_decimal(call, "activePrice", &order->trailing_activation_price);
  return BOURSE_OK;
}

static int32_t put_edit(bourse_call *call, const bourse_market *market, const bourse_order_request *order,
                        const char *id, const char *client_id) {
  const char *field = NULL;
  bourse_decimal quantity = order->amount;
  if (order->time_in_force != 0) field = "time_in_force";
  if (order->post_only > 0) field = "post_only";
  if (order->reduce_only > 0) field = "reduce_only";
  if (order->type == BOURSE_ORDER_MARKET) field = "type";
  if (PRESENT(order->cost)) field = "cost";
  if (bourse_order_is_trailing(order)) field = "trailing_amount";
  if (field != NULL)
    return bourse_unsupported(call, field,
                              "quantity, price and trigger prices of an order can be changed, nothing else");
  int32_t code =
      call->product == BOURSE_PRODUCT_SPOT ? BOURSE_OK : bourse_order_contracts(call, market, order, &quantity);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "symbol", market->id);
  bourse_put(call, "orderId", id);
  if (id == NULL) bourse_put(call, "orderLinkId", client_id);
  bourse_put_decimal(call, "qty", &quantity);
  bourse_put_decimal(call, "price", &order->price);
  if (bourse_order_is_conditional(order)) bourse_put_decimal(call, "triggerPrice", bourse_order_trigger(order));
  bourse_put_decimal(call, "takeProfit", &order->attached_take_profit_trigger);
  bourse_put_decimal(call, "stopLoss", &order->attached_stop_loss_trigger);
  return BOURSE_OK;
}

BUILD(edit) {
  bourse_put(call, "category", bourse__bybit_category(call->product));
  return put_edit(call, call->market, call->order, call->request->order_id, call->request->client_order_id);
}

/* On spot conditional orders are found among their own kind only; each kind has its turn. */
static const char *const spot_kinds[] = {"Order", "StopOrder", "tpslOrder", "OcoOrder", "BidirectionalTpslOrder"};
enum { SPOT_KINDS = sizeof spot_kinds / sizeof spot_kinds[0], SPOT_KINDS_NAMED = 3 };

static int64_t spot_kind(const bourse_call *call) {
  return call->scratch[BYBIT_SCRATCH_TURN] + (call->request->trigger > 0 ? 1 : 0);
}

static int32_t put_cancel(bourse_call *call, const char *id, const char *client_id) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  if (id == NULL && client_id == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "order_id", "order_id or client_order_id is needed");
  bourse_put(call, "symbol", market->id);
  bourse_put(call, "orderId", id);
  if (id == NULL) bourse_put(call, "orderLinkId", client_id);
  return BOURSE_OK;
}

BUILD(cancel) {
  const bourse_request *request = call->request;
  const char *id = request->order_id, *client_id = request->client_order_id;
  if (call->operation == BOURSE_OP_CANCEL_ORDERS) {
    uint32_t index = (uint32_t)call->scratch[0];
    id = bourse_item_id(call, index);
    client_id = bourse_item_client_id(call, index);
  }
  bourse_put(call, "category", bourse__bybit_category(call->product));
  if (call->product == BOURSE_PRODUCT_SPOT) bourse_put(call, "orderFilter", spot_kinds[spot_kind(call)]);
  return put_cancel(call, id, client_id);
}

int32_t bourse__bybit_looks_on(bourse_call *call, int32_t told) {
  if (told != BOURSE_ERROR_ORDER_NOT_FOUND || call->product != BOURSE_PRODUCT_SPOT || bourse__bybit_is_batch(call))
    return 0;
  if (call->operation != BOURSE_OP_CANCEL_ORDER && call->operation != BOURSE_OP_CANCEL_ORDERS) return 0;
  if (call->request->trigger < 0 || spot_kind(call) + 1 >= SPOT_KINDS_NAMED) {
    call->scratch[BYBIT_SCRATCH_TURN] = 0;
    return 0;
  }
  call->scratch[BYBIT_SCRATCH_TURN]++;
  return 1;
}

/* {"category": ..., "request": [{...}, {...}]} */
static int32_t put_items(bourse_call *call, int32_t (*put)(bourse_call *call, uint32_t index)) {
  bourse_text text;
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1];
  bourse_put(call, "category", bourse__bybit_category(call->product));
  uint32_t mark = call->wire.param_count;
  bourse_text_init(&text, call->arena);
  for (uint32_t i = first; i < first + count; i++) {
    int32_t code = put(call, i);
    if (code != BOURSE_OK) return code;
    bourse_text_char(&text, i == first ? '[' : ',');
    bourse_fold_params(call, &text, mark);
  }
  bourse_text_char(&text, ']');
  call->wire.costs[1].weight = (uint16_t)count;
  return bourse_put_text(call, "request", &text);
}

static int32_t put_new_item(bourse_call *call, uint32_t index) {
  return put_order(call, call->markets[index], call->request->orders[index]);
}

static int32_t put_edited_item(bourse_call *call, uint32_t index) {
  return put_edit(call, call->markets[index], call->request->orders[index], bourse_item_id(call, index),
                  bourse_item_client_id(call, index));
}

static int32_t put_canceled_item(bourse_call *call, uint32_t index) {
  return put_cancel(call, bourse_item_id(call, index), bourse_item_client_id(call, index));
}

BUILD(batch_orders) { return put_items(call, put_new_item); }
BUILD(batch_edits) { return put_items(call, put_edited_item); }
BUILD(batch_cancel) { return put_items(call, put_canceled_item); }

/* Inverse contracts are canceled by market or by settle currency, of which there are many: those that have open orders are
 * looked up first. */
typedef struct busy_market {
  const struct busy_market *next;
  const char *id;
} busy_market;

typedef struct busy_markets {
  const busy_market *first;
  const busy_market *at; /* being canceled */
  int32_t known;         /* all pages were read */
} busy_markets;

int32_t bourse__bybit_looks_up(const bourse_call *call) {
  const busy_markets *all = call->memory;
  return call->product == BOURSE_PRODUCT_INVERSE && bourse__bybit_lists_all(call) && (all == NULL || !all->known);
}

typedef struct busy_row {
  const char *id;
} busy_row;
static const bourse_field busy_fields[] = {BOURSE_FIELD_MUST("symbol", STRING, busy_row, id)};
static const bourse_table busy_table = BOURSE_TABLE(busy_fields);

static int32_t busy_row_read(bourse_call *call, bourse_decoder *decoder) {
  busy_row row = {NULL};
  busy_markets *all = call->memory;
  int32_t code = bourse_decode_object(decoder, &busy_table, &row);
  if (code != BOURSE_OK) return code;
  for (const busy_market *one = all->first; one != NULL; one = one->next)
    if (strcmp(one->id, row.id) == 0) return BOURSE_OK;
  busy_market *added = bourse_arena_alloc(call->arena, sizeof *added);
  if (added == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
  added->next = all->first;
  added->id = row.id;
  all->first = added;
  return BOURSE_OK;
}

PARSE(busy_markets) {
  if (call->memory == NULL) {
    busy_markets *all = bourse_arena_alloc(call->arena, sizeof *all);
    if (all == NULL) return bourse_fail_memory(call);
    memset(all, 0, sizeof *all);
    call->memory = all;
  }
  busy_markets *all = call->memory;
  int32_t code = bourse__bybit_whole(call, reply, "list", busy_row_read);
  if (code != BOURSE_OK) return code;
  all->known = 1;
  all->at = all->first;
  return all->at == NULL ? BOURSE_OK : BOURSE_CONTINUE;
}

/* Contracts: all kinds at once unless one was asked for, by settle currency or market by market where none is named. Spot: a
 * kind a turn. */
BUILD(cancel_all) {
  const busy_markets *busy = call->memory;
  int32_t trigger = call->request->trigger;
  if (call->product == BOURSE_PRODUCT_SPOT) {
    bourse__bybit_put_symbol(call);
    if (spot_kind(call) > 0) bourse_put(call, "orderFilter", spot_kinds[spot_kind(call)]);
    return BOURSE_OK;
  }
  bourse__bybit_put_listed(call, call->scratch[BYBIT_SCRATCH_TURN]);
  if (busy != NULL) bourse_put(call, "symbol", busy->at->id);
  if (trigger != 0) bourse_put(call, "orderFilter", trigger > 0 ? "StopOrder" : "Order");
  return BOURSE_OK;
}

/* --- Answers --- */

typedef struct id_row {
  const char *id;
  const char *client_id;
} id_row;

static const bourse_field id_fields[] = {
    BOURSE_FIELD_CUSTOM("orderId", id_row, id, bourse__bybit_read_text),
    BOURSE_FIELD_CUSTOM("orderLinkId", id_row, client_id, bourse__bybit_read_text),
};
static const bourse_table id_table = BOURSE_TABLE(id_fields);

static int32_t is_new(const bourse_call *call) {
  return call->operation == BOURSE_OP_CREATE_ORDER || call->operation == BOURSE_OP_CREATE_ORDERS ||
         call->operation == BOURSE_OP_CLOSE_POSITION;
}

/* What was asked for; the answer tells the ids. */
static void repeat_request(bourse_call *call, const bourse_market *market, const bourse_order_request *order,
                           bourse_order *record) {
  bourse_set_asked(record, market, order);
  if (call->product == BOURSE_PRODUCT_LINEAR && PRESENT(order->amount)) record->contracts = order->amount;
  if (call->product == BOURSE_PRODUCT_LINEAR && PRESENT(order->contracts)) record->amount = order->contracts;
  if (record->margin_mode == 0) record->margin_mode = call->margin_mode;
  if (bourse_order_is_conditional(order) && !bourse_order_is_trailing(order))
    record->trigger_price = *bourse_order_trigger(order);
}

static int32_t append_taken(bourse_call *call, uint32_t index, const id_row *row) {
  const bourse_request *request = call->request;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  const bourse_market *market = index < call->market_count ? call->markets[index] : call->market;
  const bourse_order_request *order = index < request->order_count ? request->orders[index] : NULL;
  record->symbol = market == NULL ? NULL : market->symbol;
  record->market_id = market == NULL ? NULL : market->id;
  record->realization = BOURSE_NATIVE;
  record->outcome = BOURSE_OUTCOME_EXECUTED;
  if (is_new(call) && order != NULL) repeat_request(call, market, order, record);
  record->id = row->id;
  if (row->client_id != NULL) record->client_order_id = row->client_id;
  if (is_new(call)) {
    if (record->client_order_id == NULL) record->client_order_id = request->client_order_id;
    record->status = record->conditional > 0 ? BOURSE_ORDER_UNTRIGGERED : BOURSE_ORDER_OPEN;
  } else if (order == NULL) {
    record->status = BOURSE_ORDER_CANCELING;
  } else { /* changed */
    record->status = BOURSE_ORDER_OPEN;
    record->price = order->price;
    record->amount = order->amount;
    record->contracts = order->contracts;
  }
  return BOURSE_OK;
}

static int32_t need_id(bourse_call *call, const id_row *row) {
  if (row->id != NULL || row->client_id != NULL) return BOURSE_OK;
  return bourse_no_order_id(call, "orderId");
}

PARSE(order) {
  id_row row = {NULL, NULL};
  uint32_t index = bourse_is_item(call) ? (uint32_t)call->scratch[0] : 0;
  int32_t code = bourse__bybit_object(call, reply, &id_table, &row);
  if (code == BOURSE_OK) code = need_id(call, &row);
  if (code != BOURSE_OK) return code;
  call->scratch[BYBIT_SCRATCH_TURN] = 0;
  code = append_taken(call, index, &row);
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

PARSE(trailing) {
  bourse_http_reply result;
  id_row row = {NULL, NULL};
  int32_t code = bourse__bybit_unwrap(call, reply, &result);
  if (code != BOURSE_OK) return code;
  code = append_taken(call, bourse_is_item(call) ? (uint32_t)call->scratch[0] : 0, &row);
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

/* The ids of a batch stand in the result, what became of each in retExtInfo, both in the order of the request. */
typedef struct fate_row {
  bourse_slice code;
  const char *message;
} fate_row;

static const bourse_field fate_fields[] = {
    BOURSE_FIELD_FULL("code", SLICE, fate_row, code, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("msg", STRING, fate_row, message),
};
static const bourse_table fate_table = BOURSE_TABLE(fate_fields);

typedef struct batch {
  id_row *ids;
  fate_row *fates;
  uint32_t id_count;
  uint32_t fate_count;
} batch;

static int32_t batch_id_row(bourse_call *call, bourse_decoder *decoder) {
  batch *all = call->memory;
  if (all->id_count >= call->scratch[1])
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "list", "more answers than orders");
  return bourse_decode_object(decoder, &id_table, &all->ids[all->id_count++]);
}

static int32_t batch_fate_row(bourse_call *call, bourse_decoder *decoder) {
  batch *all = call->memory;
  if (all->fate_count >= call->scratch[1])
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "retExtInfo", "more answers than orders");
  return bourse_decode_object(decoder, &fate_table, &all->fates[all->fate_count++]);
}

static int32_t read_batch(bourse_call *call, const bourse_http_reply *reply) {
  bourse__bybit_aside aside;
  bourse_http_reply inner = *reply;
  if (call->scratch[1] == 0) call->scratch[1] = bourse_item_count(call); /* a reply decoded by itself */
  size_t count = (size_t)call->scratch[1];
  batch *all = bourse_arena_alloc(call->arena, sizeof *all + count * (sizeof(id_row) + sizeof(fate_row)));
  if (all == NULL) return bourse_fail_memory(call);
  all->ids = (id_row *)(all + 1);
  all->fates = (fate_row *)(all->ids + count);
  call->memory = all;
  int32_t code = bourse__bybit_list(call, reply, "list", batch_id_row, NULL);
  if (code == BOURSE_OK) code = bourse__bybit_read_aside(call, reply, &aside);
  if (code != BOURSE_OK) return code;
  inner.body = aside.extra.data == NULL ? "{}" : aside.extra.data;
  inner.body_length = aside.extra.data == NULL ? 2 : aside.extra.length;
  return bourse_read_page(call, &inner, "list", NULL, batch_fate_row, NULL);
}

PARSE(batch_orders) {
  int32_t code = read_batch(call, reply);
  if (code != BOURSE_OK) return code;
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1];
  const batch *all = call->memory;
  if (all->id_count < count || all->fate_count < count)
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, NULL, "the reply tells of %u orders, %u were sent",
                       all->id_count < all->fate_count ? all->id_count : all->fate_count, count);
  for (uint32_t i = 0; code == BOURSE_OK && i < count; i++) {
    bourse_slice message = bourse_slice_of(all->fates[i].message);
    int32_t told = bourse_slice_is(all->fates[i].code, "0") ? 0 : bourse__bybit_error_code(all->fates[i].code, message);
    code = told == 0
               ? append_taken(call, first + i, &all->ids[i])
               : bourse_item_failed(call, first + i, told, bourse_refusal_outcome(told), all->fates[i].code, message);
  }
  call->memory = NULL;
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

static int32_t canceled_row(bourse_call *call, bourse_decoder *decoder) {
  id_row row = {NULL, NULL};
  int32_t code = bourse_decode_object(decoder, &id_table, &row);
  return code == BOURSE_OK ? append_taken(call, UINT32_MAX, &row) : code;
}

typedef struct canceled_all {
  bourse_slice success;
  int32_t is_listed;
} canceled_all;

static int32_t read_canceled(bourse_decoder *decoder, void *member) {
  *(int32_t *)member = 1;
  return bourse_read_array(decoder->user_data, decoder, "list", canceled_row);
}

static const bourse_field canceled_all_fields[] = {
    BOURSE_FIELD_CUSTOM("list", canceled_all, is_listed, read_canceled),
    BOURSE_FIELD("success", SLICE, canceled_all, success),
};
static const bourse_table canceled_all_table = BOURSE_TABLE(canceled_all_fields);

/* Nothing of a kind being open is no error. "success" 0 is one, and where it is 1 the list may be left out. */
PARSE(cancel_all) {
  canceled_all all = {{NULL, 0}, 0};
  busy_markets *busy = call->memory;
  int32_t spot = call->product == BOURSE_PRODUCT_SPOT, trigger = call->request->trigger;
  int32_t code = bourse__bybit_object(call, reply, &canceled_all_table, &all);
  if (code != BOURSE_OK) return code;
  if (bourse_slice_is(all.success, "0"))
    return bourse_refuse(call, BOURSE_ERROR_REFUSED, all.success, bourse_slice_of("not all orders were canceled"), 0);
  if (!all.is_listed && !bourse_slice_is(all.success, "1"))
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "list", "the reply does not say whether orders were canceled");
  if (busy != NULL) {
    busy->at = busy->at->next;
    return busy->at != NULL ? BOURSE_CONTINUE : BOURSE_OK;
  }
  call->scratch[BYBIT_SCRATCH_TURN]++;
  int32_t more = spot ? trigger >= 0 && spot_kind(call) < SPOT_KINDS
                      : call->scratch[BYBIT_SCRATCH_TURN] < bourse__bybit_listings(call);
  return more ? BOURSE_CONTINUE : BOURSE_OK;
}

/* --- Closing a position --- */

static int32_t position_to_close_row(bourse_call *call, bourse_decoder *decoder) {
  bourse__bybit_position_row row;
  memset(&row, 0, sizeof row);
  int32_t asked = call->request->position_side;
  int32_t code = bourse_decode_object(decoder, &bourse__bybit_position_table, &row);
  if (code == BOURSE_OK) code = bourse__bybit_finish_position(call->arena, call->product, call->market, &row);
  if (code != BOURSE_OK || bourse_decimal_sign(&row.size) == 0 || row.position.side == 0) return code;
  if (!bourse_is_wanted(call, row.position.market_id)) return BOURSE_OK;
  if (asked != 0 && asked != BOURSE_POSITION_BOTH && asked != row.position.side) return BOURSE_OK;
  if (call->memory != NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "position_side",
                       "there is a long and a short position; say with position_side which to close");
  bourse__bybit_position_row *kept = bourse_arena_alloc(call->arena, sizeof *kept);
  if (kept == NULL) return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
  *kept = row;
  call->memory = kept;
  return BOURSE_OK;
}

PARSE(position_to_close) {
  call->memory = NULL;
  int32_t code = bourse__bybit_list(call, reply, "list", position_to_close_row, NULL);
  if (code != BOURSE_OK) return code;
  if (call->memory == NULL) return bourse_no_position(call);
  return BOURSE_CONTINUE;
}

BUILD(close_position) {
  const bourse__bybit_position_row *position = call->memory;
  int32_t is_long = position->position.side == BOURSE_POSITION_LONG;
  bourse__bybit_put_symbol(call);
  bourse_put(call, "side", is_long ? "Sell" : "Buy");
  bourse_put(call, "orderType", "Market");
  bourse_put_decimal(call, "qty", &position->size);
  if (position->index > 0) bourse__bybit_put_number(call, "positionIdx", position->index);
  bourse_put_json(call, "reduceOnly", "true");
  bourse_put(call, "orderLinkId", call->request->client_order_id);
  return BOURSE_OK;
}
