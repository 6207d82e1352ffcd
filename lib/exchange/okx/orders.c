/* exchange/okx/orders.c - placing, changing and canceling orders. What waits for a price, and what is more than one order, is
 * a strategy's, and goes to endpoints of its own. */
#include <inttypes.h>
#include <string.h>

#include "exchange/okx/okx.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

#define BATCH_MAX       20
#define ALGO_CANCEL_MAX 10

/* --- Which request serves what --- */

uint32_t bourse__okx_order_variant(const bourse_order_request *order) {
  if (order->test > 0) return OKX_TEST;
  return bourse_order_is_conditional(order) || PRESENT(order->iceberg_amount) ? OKX_ALGO : OKX_USUAL;
}

static int32_t is_algo_id(const char *id) {
  return id != NULL && strncmp(id, OKX_ALGO_PREFIX, sizeof OKX_ALGO_PREFIX - 1) == 0;
}

static const char *bare_id(const char *id) { return is_algo_id(id) ? id + sizeof OKX_ALGO_PREFIX - 1 : id; }

uint32_t bourse__okx_id_variant(const bourse_call *call, const char *id) {
  return call->request->trigger > 0 || is_algo_id(id) ? OKX_ALGO : OKX_USUAL;
}

/* An order that cancel_all_orders is about to cancel: scratch[2] of them in memory. */
typedef struct target {
  const char *id;
  const bourse_market *market;
} target;

static const target *target_at(const bourse_call *call, uint32_t index) {
  return call->operation == BOURSE_OP_CANCEL_ALL_ORDERS ? (const target *)call->memory + index : NULL;
}

static uint32_t variant_at(const bourse_call *call, uint32_t index) {
  const target *one = target_at(call, index);
  if (one != NULL) return is_algo_id(one->id) ? OKX_ALGO : OKX_USUAL;
  if (call->operation == BOURSE_OP_CREATE_ORDERS) return bourse__okx_order_variant(call->request->orders[index]);
  return bourse__okx_id_variant(call, bourse_item_id(call, index));
}

static int32_t go_together(const bourse_call *call, uint32_t a, uint32_t b) {
  uint32_t variant = variant_at(call, a);
  int32_t cancels = call->operation == BOURSE_OP_CANCEL_ORDERS || call->operation == BOURSE_OP_CANCEL_ALL_ORDERS;
  return variant == variant_at(call, b) && (variant == OKX_USUAL || (variant == OKX_ALGO && cancels));
}

uint32_t bourse__okx_plan_step(bourse_call *call) {
  uint32_t first = (uint32_t)call->scratch[0], variant = variant_at(call, first);
  uint32_t most = variant == OKX_ALGO ? ALGO_CANCEL_MAX : BATCH_MAX, count = 1;
  if (call->operation == BOURSE_OP_CANCEL_ALL_ORDERS) {
    while (count < most && first + count < call->scratch[2] && go_together(call, first, first + count)) count++;
    call->scratch[1] = count;
    return variant | OKX_BATCH;
  }
  count = bourse_plan_items(call, most, go_together);
  return count > 1 ? variant | OKX_BATCH : variant;
}

/* Messages name markets by number. */
int32_t bourse__okx_has_message(const bourse_call *call) {
  if (call->operation == BOURSE_OP_CANCEL_ALL_ORDERS) return 0;
  for (uint32_t i = 0; i < call->request->order_count; i++)
    if (call->markets[i] == NULL || call->markets[i]->code == NULL) return 0;
  return call->request->order_count > 0 || (call->market != NULL && call->market->code != NULL);
}

/* The order that this step is about, its market, and its place among several. */
static const bourse_order_request *subject(const bourse_call *call, const bourse_market **market) {
  int32_t several = call->operation == BOURSE_OP_CREATE_ORDERS || call->operation == BOURSE_OP_EDIT_ORDERS;
  uint32_t index = several ? (uint32_t)call->scratch[0] : 0;
  if (index >= call->request->order_count) return NULL;
  *market = call->markets == NULL ? call->market : call->markets[index];
  return call->request->orders[index];
}

/* --- What an order may have --- */

static int32_t margin_of(const bourse_call *call, const bourse_order_request *order) {
  return order->margin_mode != 0 ? order->margin_mode : call->margin_mode;
}

/* cash, cross, isolated: contracts are on cross margin unless told otherwise. */
static const char *trade_mode(const bourse_call *call, const bourse_order_request *order, const bourse_market *market) {
  int32_t mode = margin_of(call, order);
  if (mode != 0) return bourse_name_text(bourse__okx_margin_modes, mode);
  return market->product == BOURSE_PRODUCT_SPOT ? "cash" : "cross";
}

static const char *check_strategy(const bourse_order_request *order, const char **why) {
  int32_t iceberg = PRESENT(order->iceberg_amount), conditional = bourse_order_is_conditional(order);
  *why = "an order of a strategy has none of its own";
  if (order->time_in_force != 0 && order->time_in_force != BOURSE_GOOD_TILL_CANCELED) return "time_in_force";
  if (order->post_only > 0) return "post_only";
  if (bourse_order_has_attached(order)) return "attached_stop_loss_trigger";
  if (order->self_trade != 0) return "self_trade";
  *why = "a conditional order cannot be an iceberg";
  if (iceberg && conditional) return "iceberg_amount";
  *why = "a trailing order is sent to the market";
  if (bourse_order_is_trailing(order) && order->type == BOURSE_ORDER_LIMIT) return "price";
  *why = "a trailing order goes by the last price";
  if (bourse_order_is_trailing(order) && order->trigger_by != 0 && order->trigger_by != BOURSE_PRICE_LAST)
    return "trigger_by";
  *why = "strategies' orders cannot be tried out";
  return order->test > 0 ? "test" : NULL;
}

static int32_t check_order(bourse_call *call, const bourse_order_request *order, const bourse_market *market) {
  const char *field = NULL, *why = NULL;
  int32_t spot = market->product == BOURSE_PRODUCT_SPOT, mode = margin_of(call, order);
  int32_t strategy = bourse_order_is_conditional(order) || PRESENT(order->iceberg_amount);
  if (strategy) field = check_strategy(order, &why);
  if (order->time_in_force == BOURSE_GOOD_TILL_DATE)
    field = "time_in_force", why = "orders last until they are canceled";
  if (order->type == BOURSE_ORDER_MARKET && order->time_in_force == BOURSE_FILL_OR_KILL)
    field = "time_in_force", why = "an order at the market cannot be fill-or-kill";
  if (PRESENT(order->leverage)) field = "leverage", why = "it is a setting of the market: set_leverage";
  if (order->borrow != 0) field = "borrow", why = "whether orders borrow is a setting of the account";
  if (order->reduce_only > 0 && spot && mode == 0) field = "reduce_only", why = "there are no positions without margin";
  if (order->close_position > 0 && (spot || !bourse_order_is_conditional(order) || bourse_order_is_trailing(order)))
    field = "close_position", why = "it is for stop loss and take profit of contracts; else there is close_position";
  if (order->position_side != 0 && spot) field = "position_side", why = "it is for contracts";
  if (order->position_side == BOURSE_POSITION_BOTH) field = "position_side", why = "long or short is wanted";
  if (PRESENT(order->cost) && !spot) field = "cost", why = "contracts take amount or contracts";
  if (order->self_trade != 0 && bourse_name_text(bourse__okx_self_trades, order->self_trade) == NULL)
    field = "self_trade", why = "it cancels the maker, the taker or both";
  if (spot && mode != 0 && order->type == BOURSE_ORDER_MARKET && order->side == BOURSE_SIDE_BUY &&
      PRESENT(order->amount) && !strategy)
    field = "amount", why = "purchases at the market on margin are of quote currency: give cost";
  if (order->trigger_by != 0 && bourse_name_text(bourse__okx_triggers, order->trigger_by) == NULL)
    field = "trigger_by", why = "triggers go by the last, the mark or the index price";
  return field == NULL ? BOURSE_OK : bourse_unsupported(call, field, why);
}

/* --- Parameters of an order --- */

static const char *order_type(const bourse_order_request *order, const bourse_market *market) {
  if (order->type == BOURSE_ORDER_MARKET)
    return order->time_in_force == BOURSE_IMMEDIATE_OR_CANCEL && market->product != BOURSE_PRODUCT_SPOT
               ? "optimal_limit_ioc"
               : "market";
  if (order->post_only > 0) return "post_only";
  if (order->time_in_force == BOURSE_IMMEDIATE_OR_CANCEL) return "ioc";
  return order->time_in_force == BOURSE_FILL_OR_KILL ? "fok" : "limit";
}

static int32_t put_size(bourse_call *call, const bourse_order_request *order, const bourse_market *market,
                        const char *name) {
  bourse_decimal size;
  if (market->product == BOURSE_PRODUCT_SPOT) {
    bourse_put_decimal(call, name, PRESENT(order->cost) ? &order->cost : &order->amount);
    return BOURSE_OK;
  }
  int32_t code = bourse_order_contracts(call, market, order, &size);
  if (code == BOURSE_OK) bourse_put_decimal(call, name, &size);
  return code;
}

/* In futures mode, where each currency is margin for itself, an order on margin must say which: that which is paid. Closing,
 * it is the one that was paid. */
static void put_margin_currency(bourse_call *call, const bourse_order_request *order, const bourse_market *market) {
  if (market->product != BOURSE_PRODUCT_SPOT || margin_of(call, order) == 0) return;
  int32_t opened_by_buying = (order->side == BOURSE_SIDE_BUY) != (order->reduce_only > 0);
  bourse_put(call, "ccy", opened_by_buying ? market->quote : market->base);
}

/* instId, side, sz and what all orders have. */
static int32_t put_frame(bourse_call *call, const bourse_order_request *order, const bourse_market *market) {
  int32_t code = check_order(call, order, market);
  if (code == BOURSE_OK) code = bourse__okx_put_market(call, market);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "tdMode", trade_mode(call, order, market));
  put_margin_currency(call, order, market);
  bourse_put(call, "side", bourse_name_text(bourse__okx_sides, order->side));
  bourse_put(call, "posSide", bourse_name_text(bourse__okx_position_sides, order->position_side));
  if (order->reduce_only > 0) bourse_put_json(call, "reduceOnly", "true");
  if (order->close_position > 0) {
    bourse_put(call, "closeFraction", "1");
    return BOURSE_OK;
  }
  return put_size(call, order, market, "sz");
}

static const char *price_or_market(bourse_call *call, const bourse_decimal *price) {
  bourse_text text;
  if (!bourse_decimal_is_present(price)) return "-1";
  bourse_text_init(&text, call->arena);
  bourse_text_decimal(&text, price);
  const char *out = bourse_text_finish(&text);
  if (out == NULL) bourse_fail_memory(call);
  return out;
}

/* One side of what comes to life with a filled order. */
static void put_leg(bourse_call *call, int32_t stop, const bourse_decimal *trigger, const bourse_decimal *price) {
  if (!bourse_decimal_is_present(trigger)) return;
  bourse_put_decimal(call, stop ? "slTriggerPx" : "tpTriggerPx", trigger);
  bourse_put(call, stop ? "slOrdPx" : "tpOrdPx", price_or_market(call, price));
  bourse_put(call, stop ? "slTriggerPxType" : "tpTriggerPxType", "last");
}

/* attachAlgoOrds: [{...}], one object with both sides. */
static int32_t put_attached(bourse_call *call, const bourse_order_request *order) {
  bourse_text text;
  uint32_t mark = call->wire.param_count;
  if (!bourse_order_has_attached(order)) return BOURSE_OK;
  put_leg(call, 1, &order->attached_stop_loss_trigger, &order->attached_stop_loss_price);
  put_leg(call, 0, &order->attached_take_profit_trigger, &order->attached_take_profit_price);
  bourse_text_init(&text, call->arena);
  bourse_text_char(&text, '[');
  bourse_fold_params(call, &text, mark);
  bourse_text_char(&text, ']');
  return bourse_put_text(call, "attachAlgoOrds", &text);
}

/* Without tgtCcy a purchase at the market would be of quote currency, and a sale of base. */
static void put_target(bourse_call *call, const bourse_order_request *order, const bourse_market *market) {
  if (market->product == BOURSE_PRODUCT_SPOT && margin_of(call, order) == 0 && order->type == BOURSE_ORDER_MARKET)
    bourse_put(call, "tgtCcy", PRESENT(order->cost) ? "quote_ccy" : "base_ccy");
}

static int32_t put_order(bourse_call *call, const bourse_order_request *order, const bourse_market *market) {
  int32_t code = put_frame(call, order, market);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "ordType", order_type(order, market));
  bourse_put_decimal(call, "px", &order->price);
  put_target(call, order, market);
  bourse_put(call, "stpMode", bourse_name_text(bourse__okx_self_trades, order->self_trade));
  bourse_put(call, "clOrdId", order->client_order_id);
  return put_attached(call, order);
}

BUILD(order) {
  const bourse_market *market = NULL;
  const bourse_order_request *order = subject(call, &market);
  call->wire.market = market;
  return put_order(call, order, market);
}

/* --- Strategies --- */

static const char *trigger_word(const bourse_order_request *order) {
  return bourse_name_text(bourse__okx_triggers, order->trigger_by == 0 ? BOURSE_PRICE_LAST : order->trigger_by);
}

static void put_condition(bourse_call *call, const bourse_order_request *order) {
  const char *by = trigger_word(order);
  const char *price = price_or_market(call, &order->price);
  if (PRESENT(order->trigger_price)) {
    bourse_put(call, "ordType", "trigger");
    bourse_put_decimal(call, "triggerPx", &order->trigger_price);
    bourse_put(call, "orderPx", price);
    if (order->trigger_by != 0) bourse_put(call, "triggerPxType", by); /* without it, the last price counts */
    return;
  }
  int32_t stop = PRESENT(order->stop_loss_price);
  bourse_put(call, "ordType", "conditional");
  bourse_put_decimal(call, stop ? "slTriggerPx" : "tpTriggerPx",
                     stop ? &order->stop_loss_price : &order->take_profit_price);
  bourse_put(call, stop ? "slOrdPx" : "tpOrdPx", price);
  bourse_put(call, stop ? "slTriggerPxType" : "tpTriggerPxType", by);
}

/* A ratio is a fraction of the price. */
static void put_trailing(bourse_call *call, const bourse_order_request *order) {
  bourse_decimal ratio = order->trailing_percent;
  ratio.exponent -= 2;
  bourse_put(call, "ordType", "move_order_stop");
  if (PRESENT(order->trailing_percent)) bourse_put_decimal(call, "callbackRatio", &ratio);
  bourse_put_decimal(call, "callbackSpread", &order->trailing_amount);
  bourse_put_decimal(call, "activePx", &order->trailing_activation_price);
}

/* Each part is placed beside the best price, so near as the price tick unless the caller's params say otherwise, and not
 * beyond the limit. */
static int32_t put_iceberg(bourse_call *call, const bourse_order_request *order, const bourse_market *market) {
  bourse_decimal visible = order->iceberg_amount;
  if (market->product == BOURSE_PRODUCT_LINEAR) {
    int32_t code = bourse_to_contracts(call, market, "iceberg_amount", &order->iceberg_amount, &visible);
    if (code != BOURSE_OK) return code;
  }
  bourse_put(call, "ordType", "iceberg");
  bourse_put_decimal(call, "szLimit", &visible);
  bourse_put_decimal(call, "pxLimit", &order->price);
  if (bourse_own_param(call->request, "pxVar") == NULL && bourse_own_param(call->request, "pxSpread") == NULL)
    bourse_put_decimal(call, "pxSpread", &market->price_tick);
  return BOURSE_OK;
}

BUILD(algo) {
  const bourse_market *market = NULL;
  const bourse_order_request *order = subject(call, &market);
  int32_t code = put_frame(call, order, market);
  if (code != BOURSE_OK) return code;
  call->wire.market = market;
  if (bourse_order_is_trailing(order))
    put_trailing(call, order);
  else if (PRESENT(order->iceberg_amount))
    code = put_iceberg(call, order, market);
  else
    put_condition(call, order);
  if (order->side == BOURSE_SIDE_BUY) put_target(call, order, market);
  bourse_put(call, "algoClOrdId", order->client_order_id);
  return code;
}

/* --- A pair: a stop loss, and a take profit or a limit --- */

BUILD(pair) {
  const bourse_request *request = call->request;
  const bourse_order_request *stop = NULL, *gain = NULL;
  const bourse_market *market = call->markets[0];
  int32_t code = bourse_check_pair(call, &stop, &gain);
  if (code == BOURSE_OK) code = put_frame(call, stop, market);
  if (code == BOURSE_OK) code = check_order(call, gain, market);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "ordType", "oco");
  bourse_put_decimal(call, "slTriggerPx", &stop->stop_loss_price);
  bourse_put(call, "slOrdPx", price_or_market(call, &stop->price));
  bourse_put(call, "slTriggerPxType", trigger_word(stop));
  bourse_put_decimal(call, "tpTriggerPx", &gain->take_profit_price);
  bourse_put(call, "tpOrdPx", price_or_market(call, &gain->price));
  if (PRESENT(gain->take_profit_price))
    bourse_put(call, "tpTriggerPxType", trigger_word(gain));
  else
    bourse_put(call, "tpOrdKind", "limit");
  bourse_put(call, "algoClOrdId",
             request->client_order_id != NULL ? request->client_order_id : request->orders[0]->client_order_id);
  return BOURSE_OK;
}

/* --- Lists of requests --- */

/* One object of the list: what was put since `mark`, and the caller's own parameters, which hold for each. */
static void add_item(bourse_call *call, bourse_text *text, uint32_t mark, int32_t first) {
  const bourse_request *request = call->request;
  for (uint32_t i = 0; i < request->param_count; i++) {
    if (request->params[i].json > 0)
      bourse_put_json(call, request->params[i].name, request->params[i].value);
    else
      bourse_put(call, request->params[i].name, request->params[i].value);
  }
  bourse_text_char(text, first ? '[' : ',');
  bourse_fold_params(call, text, mark);
}

static int32_t end_list(bourse_call *call, bourse_text *text) {
  bourse_text_char(text, ']');
  return bourse_put_text(call, OKX_LIST, text);
}

static void weigh(bourse_call *call, const bourse_market *market, uint32_t count) {
  call->wire.market = market;
  for (uint32_t i = 0; i < BOURSE_COSTS_MAX; i++)
    if (call->wire.costs[i].weight > 0) call->wire.costs[i].weight = (uint16_t)count;
}

BUILD(batch) {
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1];
  bourse_text text;
  bourse_text_init(&text, call->arena);
  for (uint32_t i = first; i < first + count; i++) {
    uint32_t mark = call->wire.param_count;
    int32_t code = put_order(call, call->request->orders[i], call->markets[i]);
    if (code != BOURSE_OK) return code;
    add_item(call, &text, mark, i == first);
  }
  weigh(call, call->markets[first], count);
  return end_list(call, &text);
}

/* --- Changing --- */

static int32_t put_edit(bourse_call *call, const bourse_order_request *order, const bourse_market *market,
                        const char *id, const char *client_id) {
  int32_t code = bourse_check_edit(call, order, 0);
  if (code == BOURSE_OK) code = bourse__okx_put_market(call, market);
  if (code != BOURSE_OK) return code;
  if (bourse_order_trigger(order) != NULL)
    return bourse_unsupported(call, "trigger_price",
                              "this order waits for no price; the ids of those that do begin with algo:");
  bourse_put(call, "ordId", id);
  if (id == NULL) bourse_put(call, "clOrdId", client_id);
  bourse_put_decimal(call, "newPx", &order->price);
  return put_size(call, order, market, "newSz");
}

static const char *id_of(const bourse_call *call, uint32_t index) {
  int32_t several = call->operation == BOURSE_OP_EDIT_ORDERS || call->operation == BOURSE_OP_CANCEL_ORDERS;
  return several ? bourse_item_id(call, index) : call->request->order_id;
}

static const char *client_id_of(const bourse_call *call, uint32_t index) {
  int32_t several = call->operation == BOURSE_OP_EDIT_ORDERS || call->operation == BOURSE_OP_CANCEL_ORDERS;
  return several ? bourse_item_client_id(call, index) : call->request->client_order_id;
}

BUILD(edit) {
  uint32_t index = (uint32_t)call->scratch[0];
  const bourse_market *market = NULL;
  const bourse_order_request *order = subject(call, &market);
  call->wire.market = market;
  return put_edit(call, order, market, id_of(call, index), client_id_of(call, index));
}

BUILD(batch_edits) {
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1];
  bourse_text text;
  bourse_text_init(&text, call->arena);
  for (uint32_t i = first; i < first + count; i++) {
    uint32_t mark = call->wire.param_count;
    int32_t code = put_edit(call, call->request->orders[i], call->markets[i], id_of(call, i), client_id_of(call, i));
    if (code != BOURSE_OK) return code;
    add_item(call, &text, mark, i == first);
  }
  weigh(call, call->markets[first], count);
  return end_list(call, &text);
}

static const char *price_name(const bourse_order_request *order) {
  if (PRESENT(order->stop_loss_price)) return "newSlOrdPx";
  return PRESENT(order->take_profit_price) ? "newTpOrdPx" : "newOrdPx";
}

BUILD(edit_algo) {
  uint32_t index = (uint32_t)call->scratch[0];
  const bourse_market *market = NULL;
  const bourse_order_request *order = subject(call, &market);
  int32_t code = bourse_check_edit(call, order, 0);
  if (code == BOURSE_OK) code = bourse__okx_put_market(call, market);
  if (code != BOURSE_OK) return code;
  call->wire.market = market;
  bourse_put(call, "algoId", bare_id(id_of(call, index)));
  if (id_of(call, index) == NULL) bourse_put(call, "algoClOrdId", client_id_of(call, index));
  bourse_put_decimal(call, "newTriggerPx", &order->trigger_price);
  bourse_put_decimal(call, "newSlTriggerPx", &order->stop_loss_price);
  bourse_put_decimal(call, "newTpTriggerPx", &order->take_profit_price);
  bourse_put_decimal(call, price_name(order), &order->price);
  return put_size(call, order, market, "newSz");
}

/* --- Canceling --- */

static int32_t put_cancel(bourse_call *call, const bourse_market *market, const char *id, const char *client_id,
                          int32_t algo) {
  int32_t code = bourse__okx_put_market(call, market);
  if (code != BOURSE_OK) return code;
  bourse_put(call, algo ? "algoId" : "ordId", bare_id(id));
  if (id == NULL) bourse_put(call, algo ? "algoClOrdId" : "clOrdId", client_id);
  return BOURSE_OK;
}

BUILD(cancel) {
  uint32_t index = (uint32_t)call->scratch[0];
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  return put_cancel(call, call->market, id_of(call, index), client_id_of(call, index), 0);
}

/* Of one or several: always a list. */
static int32_t put_cancels(bourse_call *call, uint32_t first, uint32_t count, int32_t algo) {
  bourse_text text;
  const bourse_market *weighed = NULL;
  bourse_text_init(&text, call->arena);
  for (uint32_t i = first; i < first + count; i++) {
    const target *one = target_at(call, i);
    const bourse_market *market = one != NULL ? one->market : call->market;
    uint32_t mark = call->wire.param_count;
    if (one == NULL && bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
    int32_t code = put_cancel(call, market, one != NULL ? one->id : id_of(call, i),
                              one != NULL ? NULL : client_id_of(call, i), algo);
    if (code != BOURSE_OK) return code;
    add_item(call, &text, mark, i == first);
    weighed = market;
  }
  weigh(call, weighed, count);
  return end_list(call, &text);
}

BUILD(cancel_algo) { return put_cancels(call, (uint32_t)call->scratch[0], 1, 1); }

BUILD(batch_cancel) {
  uint32_t first = (uint32_t)call->scratch[0];
  return put_cancels(call, first, (uint32_t)call->scratch[1], (call->endpoint->variant & OKX_ALGO) != 0);
}

BUILD(cancel_list) {
  bourse_text text;
  uint32_t mark = call->wire.param_count;
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  int32_t code = put_cancel(call, call->market, call->request->id, call->request->client_order_id, 1);
  if (code != BOURSE_OK) return code;
  bourse_text_init(&text, call->arena);
  add_item(call, &text, mark, 1);
  return end_list(call, &text);
}

BUILD(cancel_all_after) {
  const bourse_request *request = call->request;
  int64_t seconds = request->timer_ms > 0 ? request->timer_ms / 1000 : 0;
  if (call->market != NULL)
    return bourse_unsupported(call, "symbol", "the timer is that of the whole account, orders made elsewhere included");
  if (request->timer_ms > 0 && (request->timer_ms % 1000 != 0 || seconds < 10 || seconds > 120))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "timer_ms",
                       "timer_ms is %" PRId64 "; whole seconds are wanted, 10 to 120 of them", request->timer_ms);
  bourse_put_int(call, "timeOut", seconds);
  return BOURSE_OK;
}

BUILD(close_position) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "instId", call->market->id);
  bourse_put(call, "mgnMode", call->margin_mode == BOURSE_MARGIN_ISOLATED ? "isolated" : "cross");
  bourse_put(call, "posSide", bourse_name_text(bourse__okx_position_sides, call->request->position_side));
  bourse_put(call, "clOrdId", call->request->client_order_id);
  return BOURSE_OK;
}

/* --- Answers: an id and a code for each order --- */

typedef struct answer {
  const char *id;
  const char *client_id;
  const char *algo_id;
  const char *algo_client_id;
  bourse_slice code;
  const char *message;
  int64_t time_ns;
} answer;

static const bourse_field answer_fields[] = {
    BOURSE_FIELD("algoClOrdId", STRING, answer, algo_client_id),
    BOURSE_FIELD("algoId", ID, answer, algo_id),
    BOURSE_FIELD("clOrdId", STRING, answer, client_id),
    BOURSE_FIELD("ordId", ID, answer, id),
    BOURSE_FIELD("sCode", SLICE, answer, code),
    BOURSE_FIELD("sMsg", STRING, answer, message),
    BOURSE_FIELD_CUSTOM("ts", answer, time_ns, bourse_decode_time_ms),
};
static const bourse_table answer_table = BOURSE_TABLE(answer_fields);

static int32_t is_given(const char *text) { return text != NULL && text[0] != '\0'; }

static int32_t is_refusal(const answer *one) { return one->code.length > 0 && !bourse_slice_is(one->code, "0"); }

/* The id of an order, typed when it is a strategy's; NULL: there is none. */
static const char *answer_id(bourse_call *call, const answer *one) {
  if (is_given(one->id)) return one->id;
  if (!is_given(one->algo_id)) return NULL;
  const char *id = bourse_arena_format(call->arena, OKX_ALGO_PREFIX "%s", one->algo_id);
  if (id == NULL) bourse_fail_memory(call);
  return id;
}

/* The reply tells the id; the rest is what was asked for. */
static int32_t append_placed(bourse_call *call, const bourse_order_request *order, const bourse_market *market,
                             const char *id, int64_t time_ns) {
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  bourse_set_asked(record, market, order);
  record->id = id;
  record->created_ns = time_ns;
  if (PRESENT(order->iceberg_amount)) record->conditional = BOURSE_YES;
  record->margin_mode = margin_of(call, order);
  return BOURSE_OK;
}

static int32_t refuse(bourse_call *call, const answer *one) {
  bourse_slice message = bourse_slice_of(one->message);
  int32_t told = bourse__okx_error_code(one->code, message);
  return bourse_refuse(call, told, one->code, message, 0);
}

/* What an answer about one order says: BOURSE_OK with it, or what refusing it came to. */
static int32_t read_one(bourse_call *call, const bourse_http_reply *reply, answer *one) {
  memset(one, 0, sizeof *one);
  int32_t code = bourse__okx_object(call, reply, &answer_table, one);
  return code == BOURSE_OK && is_refusal(one) ? refuse(call, one) : code;
}

PARSE(order) {
  answer one;
  const bourse_market *market = NULL;
  int32_t code = read_one(call, reply, &one);
  if (code != BOURSE_OK) return code;
  const bourse_order_request *order = subject(call, &market);
  const char *id = answer_id(call, &one);
  if (id == NULL) return bourse_no_order_id(call, "ordId");
  code = order == NULL ? BOURSE_OK : append_placed(call, order, market, id, one.time_ns);
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

/* Checked, and not placed: what it would do to the account's margin. */
PARSE(test) {
  bourse_http_reply data;
  const bourse_market *market = NULL;
  int32_t code = bourse__okx_unwrap(call, reply, &data);
  if (code != BOURSE_OK) return code;
  const bourse_order_request *order = subject(call, &market);
  code = order == NULL ? BOURSE_OK : append_placed(call, order, market, NULL, call->now_ns);
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

PARSE(pair) {
  answer one;
  int32_t code = read_one(call, reply, &one);
  if (code != BOURSE_OK) return code;
  const char *id = answer_id(call, &one);
  if (id == NULL) return bourse_no_order_id(call, "ordId");
  for (uint32_t i = 0; code == BOURSE_OK && i < call->request->order_count; i++) {
    code = append_placed(call, call->request->orders[i], call->markets[i], id, one.time_ns);
    if (code != BOURSE_OK) return code;
    bourse_order *record = bourse_appended_at(call, bourse_appended(call) - 1);
    record->list_id = id;
    record->list_client_id = call->request->client_order_id;
    record->list_kind = BOURSE_LIST_OCO;
    record->conditional = BOURSE_YES;
  }
  return code;
}

/* --- Answers about several --- */

static int32_t append_changed(bourse_call *call, const bourse_market *market, const char *id, const char *client_id,
                              int32_t status) {
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->id = id;
  record->client_order_id = client_id;
  record->symbol = market == NULL ? NULL : market->symbol;
  record->market_id = market == NULL ? NULL : market->id;
  record->status = status;
  record->updated_ns = call->now_ns;
  record->realization = BOURSE_NATIVE;
  record->outcome = BOURSE_OUTCOME_EXECUTED;
  return BOURSE_OK;
}

static int32_t append_edited(bourse_call *call, uint32_t index, const answer *one) {
  const bourse_order_request *order = call->request->orders[index];
  const bourse_market *market = call->markets == NULL ? call->market : call->markets[index];
  const char *id = id_of(call, index), *client_id = client_id_of(call, index);
  if (id == NULL) id = answer_id(call, one);
  if (client_id == NULL && is_given(one->client_id)) client_id = one->client_id;
  int32_t code = append_changed(call, market, id, client_id, 0);
  if (code != BOURSE_OK) return code;
  bourse_order *record = bourse_appended_at(call, bourse_appended(call) - 1);
  record->side = order->side;
  record->type = order->type;
  record->price = order->price;
  record->amount = order->amount;
  record->contracts = order->contracts;
  if (market != NULL && PRESENT(record->contracts)) bourse_from_contracts(market, &record->contracts, &record->amount);
  return BOURSE_OK;
}

/* Cancels are accepted first, and done later; the channel of orders tells. */
static int32_t append_canceled(bourse_call *call, uint32_t index, const answer *one) {
  const target *known = target_at(call, index);
  const char *id = known != NULL ? known->id : id_of(call, index);
  const char *client_id = known != NULL ? NULL : client_id_of(call, index);
  if (id == NULL) id = answer_id(call, one);
  if (client_id == NULL && is_given(one->client_id)) client_id = one->client_id;
  if (client_id == NULL && is_given(one->algo_client_id)) client_id = one->algo_client_id;
  int32_t code =
      append_changed(call, known != NULL ? known->market : call->market, id, client_id, BOURSE_ORDER_CANCELING);
  if (code != BOURSE_OK || call->operation != BOURSE_OP_CANCEL_ORDER_LIST) return code;
  bourse_order *both = bourse_appended_at(call, bourse_appended(call) - 1);
  both->list_id = both->id;
  both->list_client_id = client_id;
  both->list_kind = BOURSE_LIST_OCO;
  return BOURSE_OK;
}

/* The order that answer `index` must be about, by the client order id that was sent. */
static int32_t is_about(const bourse_call *call, uint32_t index, const answer *one) {
  if (call->operation != BOURSE_OP_CREATE_ORDERS || !is_given(one->client_id)) return 1;
  const char *sent = call->request->orders[index]->client_order_id;
  return sent == NULL || strcmp(sent, one->client_id) == 0;
}

static int32_t failed_target(bourse_call *call, uint32_t index, int32_t told, const answer *one) {
  int32_t code = append_canceled(call, index, one);
  if (code != BOURSE_OK) return code;
  bourse_order *record = bourse_appended_at(call, bourse_appended(call) - 1);
  record->status = 0;
  record->error = told;
  record->outcome = bourse_refusal_outcome(told);
  record->error_code = bourse_arena_copy(call->arena, one->code.data, one->code.length);
  record->error_message = one->message;
  return record->error_code != NULL ? BOURSE_OK : bourse_fail_memory(call);
}

/* One answer for each order, in their order. scratch[3] counts them. */
static int32_t answer_row(bourse_call *call, bourse_decoder *decoder) {
  answer one;
  memset(&one, 0, sizeof one);
  int32_t code = bourse_decode_object(decoder, &answer_table, &one);
  uint32_t index = (uint32_t)(call->scratch[0] + call->scratch[3]);
  if (code != BOURSE_OK) return code;
  if (call->scratch[3]++ >= call->scratch[1])
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "data", "more answers than orders");
  if (!is_about(call, index, &one))
    return bourse_decode_fail(decoder, BOURSE_ERROR_BAD_REPLY, "clOrdId", "an answer about another order");
  if (is_refusal(&one)) {
    int32_t told = bourse__okx_error_code(one.code, bourse_slice_of(one.message));
    if (target_at(call, index) != NULL) return failed_target(call, index, told, &one);
    return bourse_item_failed(call, index, told, bourse_refusal_outcome(told), one.code, bourse_slice_of(one.message));
  }
  if (call->operation == BOURSE_OP_CREATE_ORDERS) {
    const char *id = answer_id(call, &one);
    return id == NULL ? bourse_no_order_id(call, "ordId")
                      : append_placed(call, call->request->orders[index], call->markets[index], id, one.time_ns);
  }
  return call->operation == BOURSE_OP_EDIT_ORDERS ? append_edited(call, index, &one)
                                                  : append_canceled(call, index, &one);
}

static int32_t read_answers(bourse_call *call, const bourse_http_reply *data) {
  bourse_decoder decoder;
  call->scratch[3] = 0;
  bourse_decode_reply(call, &decoder, data);
  int32_t code = bourse_read_array(call, &decoder, "data", answer_row);
  code = bourse_read_end(call, &decoder, code);
  if (code != BOURSE_OK || call->scratch[3] >= call->scratch[1]) return code;
  return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "data", "the reply tells of %d orders, %d were sent",
                     (int)call->scratch[3], (int)call->scratch[1]);
}

/* 1: all of them were refused, 2: some. Each has its own code. */
static int32_t some_refused(bourse_call *call, bourse_slice code, bourse_slice message, bourse_slice data) {
  bourse_http_reply inner = {.struct_size = sizeof inner, .body = data.data, .body_length = data.length};
  if ((bourse_slice_is(code, "1") || bourse_slice_is(code, "2")) && data.length > 4 && data.data[0] == '[')
    return read_answers(call, &inner);
  return bourse__okx_refused(call, code, message, data);
}

static int32_t read_batch(bourse_call *call, const bourse_http_reply *reply) {
  bourse_http_reply data;
  memset(&data, 0, sizeof data);
  if (call->scratch[1] == 0 && call->operation != BOURSE_OP_CANCEL_ALL_ORDERS)
    bourse__okx_plan_step(call); /* a reply decoded by itself */
  int32_t code = bourse_unwrap(call, reply, &bourse__okx_shape, some_refused, &data);
  if (code == BOURSE_OK && data.body != NULL) code = read_answers(call, &data);
  return code;
}

PARSE(batch) {
  int32_t code = read_batch(call, reply);
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

PARSE(edit) {
  answer one;
  int32_t code = read_one(call, reply, &one);
  if (code != BOURSE_OK) return code;
  if (call->request->order_count == 0) return BOURSE_OK;
  code = append_edited(call, (uint32_t)call->scratch[0], &one);
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

PARSE(cancel) {
  answer one;
  int32_t code = read_one(call, reply, &one);
  if (code == BOURSE_OK) code = append_canceled(call, (uint32_t)call->scratch[0], &one);
  return code == BOURSE_OK ? bourse_next_items(call) : code;
}

/* --- Canceling all --- OKX has no such request: the open orders are listed first, ordinary and strategies' ones. */

PARSE(orders_to_cancel) {
  int32_t code = (call->endpoint->variant & OKX_ALGO) != 0 ? bourse__okx_parse_algos(call, reply)
                                                           : bourse__okx_parse_orders(call, reply);
  if (code != BOURSE_OK) return code;
  uint32_t count = bourse_appended(call);
  target *targets = bourse_arena_alloc(call->arena, (count + (size_t)1) * sizeof *targets);
  if (targets == NULL) return bourse_fail_memory(call);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < count; i++) {
    const bourse_order *order = bourse_appended_at(call, i);
    bourse_slice id = bourse_slice_of(order->market_id);
    const bourse_market *market = bourse_market_by_id(call, bourse__okx_product_of(id), id);
    if (market == NULL) market = call->market;
    if (market != NULL) targets[kept++] = (target){order->id, market};
  }
  bourse_truncate(call, 0);
  call->memory = targets;
  call->scratch[0] = 0;
  call->scratch[2] = kept;
  call->scratch[7] = 1;
  return kept > 0 ? BOURSE_CONTINUE : BOURSE_OK;
}

PARSE(batch_cancel) {
  int32_t code = read_batch(call, reply);
  if (code != BOURSE_OK || call->operation == BOURSE_OP_CANCEL_ORDERS)
    return code == BOURSE_OK ? bourse_next_items(call) : code;
  call->scratch[0] += call->scratch[1];
  return call->scratch[0] < call->scratch[2] ? BOURSE_CONTINUE : BOURSE_OK;
}

/* --- Timer and positions --- */

typedef struct timer_row {
  int64_t due_ns;
  int64_t now_ns;
} timer_row;

static const bourse_field timer_fields[] = {
    BOURSE_FIELD_CUSTOM("triggerTime", timer_row, due_ns, bourse_decode_time_ms),
    BOURSE_FIELD_CUSTOM("ts", timer_row, now_ns, bourse_decode_time_ms),
};
static const bourse_table timer_table = BOURSE_TABLE(timer_fields);

PARSE(cancel_all_after) {
  timer_row row = {0, 0};
  int32_t code = bourse__okx_object(call, reply, &timer_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_receipt *receipt = bourse_append_receipt(call);
  if (receipt == NULL) return BOURSE_ERROR_MEMORY;
  receipt->due_ns = row.due_ns;
  if (row.now_ns != 0) receipt->time_ns = row.now_ns;
  return BOURSE_OK;
}

/* The order that closes it is not told of. */
PARSE(close_position) {
  answer one;
  int32_t code = read_one(call, reply, &one);
  if (code != BOURSE_OK) return code;
  const char *client_id = is_given(one.client_id) ? one.client_id : call->request->client_order_id;
  code = append_changed(call, call->market, NULL, client_id, 0);
  if (code != BOURSE_OK) return code;
  bourse_order *record = bourse_appended_at(call, bourse_appended(call) - 1);
  record->type = BOURSE_ORDER_MARKET;
  record->close_position = BOURSE_YES;
  record->position_side = call->request->position_side;
  record->margin_mode = call->margin_mode == BOURSE_MARGIN_ISOLATED ? BOURSE_MARGIN_ISOLATED : BOURSE_MARGIN_CROSS;
  return BOURSE_OK;
}
