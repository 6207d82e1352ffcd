/* exchange/kucoin/unified.c - the unified account: one for spot, cross margin and futures, whose orders, fills, balances and
 * positions have endpoints of their own on the host of spot. Markets and their data are everybody's.
 *
 * What it has besides is not offered: conditional orders, as sources disagree on how they are listed and canceled, and orders
 * as messages. An order that could be placed but not be found again would be worse than none. */
#include <string.h>

#include "exchange/kucoin/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Routing --- */

static const bourse_alias aliases[] = {
    {BOURSE_OP_FETCH_BALANCE, BOURSE_OP_FETCH_BALANCES},
    {BOURSE_OP_FETCH_POSITION, BOURSE_OP_FETCH_POSITIONS},
    {BOURSE_OP_FETCH_TRADING_FEE, BOURSE_OP_FETCH_TRADING_FEES},
    {BOURSE_OP_FETCH_ORDER_TRADES, BOURSE_OP_FETCH_MY_TRADES},
};

/* Public data, whose operations come first, and what does not touch what is traded with: the same for all accounts. */
static int32_t is_everybodys(const bourse_call *call) {
  if (call->operation < BOURSE_OP_FETCH_BALANCES) return 1;
  switch (call->operation) {
    case BOURSE_OP_FETCH_PERMISSIONS:
    case BOURSE_OP_FETCH_DEPOSIT_ADDRESS:
    case BOURSE_OP_FETCH_DEPOSIT_ADDRESSES:
    case BOURSE_OP_CREATE_DEPOSIT_ADDRESS:
    case BOURSE_OP_FETCH_DEPOSITS:
    case BOURSE_OP_FETCH_WITHDRAWALS:
    case BOURSE_OP_WITHDRAW: return 1;
    case BOURSE_OP_FETCH_STREAM_TOKEN: return call->request->is_public > 0;
    case BOURSE_OP_FETCH_BALANCE:
    case BOURSE_OP_FETCH_BALANCES:
    case BOURSE_OP_FETCH_LEDGER: return call->request->wallet == BOURSE_WALLET_FUNDING;
    default: return 0;
  }
}

int32_t bourse__kucoin_is_unified(const bourse_call *call) {
  const bourse__kucoin_state *state = call->state;
  return state->unified > 0 && !is_everybodys(call);
}

/* SPOT, MARGIN or FUTURES; a batch is of one of them. */
static const char *trade_type(const bourse_market *market, int32_t margin_mode, int32_t product) {
  if (market != NULL) product = market->product;
  if (product != BOURSE_PRODUCT_SPOT) return "FUTURES";
  return margin_mode == BOURSE_MARGIN_CROSS ? "MARGIN" : "SPOT";
}

static const char *item_trade_type(const bourse_call *call, uint32_t index) {
  int32_t margin_mode = call->request->orders[index]->margin_mode;
  return trade_type(call->markets[index], margin_mode != 0 ? margin_mode : call->margin_mode, 0);
}

static int32_t go_together(const bourse_call *call, uint32_t a, uint32_t b) {
  return strcmp(item_trade_type(call, a), item_trade_type(call, b)) == 0;
}

static void choose(bourse_call *call, int32_t *operation, uint32_t *variant) {
  int64_t *stage = &call->scratch[SCRATCH_STAGE];
  switch (call->operation) {
    case BOURSE_OP_CREATE_ORDERS: bourse_plan_items(call, 5, go_together); break;
    case BOURSE_OP_CANCEL_ORDERS: bourse_plan_items(call, 20, NULL); break;
    case BOURSE_OP_FETCH_ORDERS:
    case BOURSE_OP_FETCH_OPEN_ORDERS:
    case BOURSE_OP_FETCH_CLOSED_ORDERS:
    case BOURSE_OP_FETCH_CANCELED_ORDERS:
      *operation = BOURSE_OP_FETCH_OPEN_ORDERS;
      if (*stage == 0)
        *stage = call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS || call->operation == BOURSE_OP_FETCH_CANCELED_ORDERS
                     ? KUCOIN_ASK_DONE
                     : KUCOIN_ASK_ORDERS;
      if (*stage == KUCOIN_ASK_DONE) *variant |= KUCOIN_DONE;
      break;
    default: break;
  }
}

const bourse_endpoint *bourse__kucoin_unified_route(bourse_call *call) {
  int32_t operation = bourse_alias_of(BOURSE_ROWS(aliases), call->operation);
  uint32_t variant = KUCOIN_UNIFIED;
  int32_t wallet = call->request->wallet;
  choose(call, &operation, &variant);
  if (call->margin_mode == BOURSE_MARGIN_ISOLATED) {
    bourse_unsupported(call, "margin_mode", "the unified account has cross margin only");
    return NULL;
  }
  if (wallet == BOURSE_WALLET_ALL || wallet == BOURSE_WALLET_ISOLATED || wallet == BOURSE_WALLET_OPTION) {
    bourse_unsupported(call, "wallet", "with account = unified the wallets are unified and funding");
    return NULL;
  }
  const bourse_endpoint *endpoint = bourse_find_endpoint(call->adapter, operation, bourse_call_for(call), variant);
  if (endpoint == NULL)
    bourse_unsupported(call, NULL,
                       "this is an operation of classic accounts, and the handle was opened with account = unified");
  return endpoint;
}

/* --- What an order may have --- */

static int32_t check_order(bourse_call *call, const bourse__kucoin_subject *subject) {
  const bourse_order_request *order = subject->order;
  int32_t futures = subject->market->product != BOURSE_PRODUCT_SPOT;
  const char *field = NULL, *why = "orders of the unified account have no such word";
  if (PRESENT(order->iceberg_amount)) field = "iceberg_amount";
  if (order->borrow != 0) field = "borrow";
  if (order->close_position > 0) field = "close_position";
  if (order->test > 0) field = "test";
  if (PRESENT(order->attached_stop_loss_price) || PRESENT(order->attached_take_profit_price))
    field = "attached_stop_loss_price", why = "what is attached becomes a market order";
  if (!futures && bourse_order_has_attached(order))
    field = "attached_stop_loss_trigger", why = "orders on spot bring no others along";
  if (bourse_order_is_conditional(order))
    field = "trigger_price",
    why = "conditional orders of the unified account are not listed and canceled in a settled way";
  if (PRESENT(order->leverage)) field = "leverage", why = "it is set with set_leverage";
  if (order->position_side != 0 && order->position_side != BOURSE_POSITION_BOTH)
    field = "position_side", why = "there are no positions of both sides in the unified account";
  if (futures && subject->margin_mode != 0) field = "margin_mode", why = "it is the position's";
  if (futures && order->time_in_force == BOURSE_GOOD_TILL_DATE)
    field = "time_in_force", why = "on futures no order ends at a time";
  if (!futures && order->reduce_only > 0) field = "reduce_only", why = "spot and margin have no reduce-only";
  if (PRESENT(order->cost) && subject->market->product == BOURSE_PRODUCT_INVERSE)
    field = "cost", why = "orders of inverse markets take contracts";
  if (order->self_trade == BOURSE_SELF_TRADE_TRANSFER)
    field = "self_trade", why = "it cancels the maker, the taker or both, or decrements";
  if (field != NULL) return bourse_unsupported(call, field, why);
  return bourse_check_market_time(call, order);
}

/* --- Parameters of an order --- */

const bourse_name bourse__kucoin_unified_sides[] = {{"BUY", BOURSE_SIDE_BUY}, {"SELL", BOURSE_SIDE_SELL}, {NULL, 0}};
const bourse_name bourse__kucoin_unified_types[] = {
    {"LIMIT", BOURSE_ORDER_LIMIT}, {"MARKET", BOURSE_ORDER_MARKET}, {NULL, 0}};

/* Contracts, base units of spot, or what is to be spent. */
static int32_t put_size(bourse_call *call, const bourse_market *market, const bourse_order_request *order) {
  bourse_decimal size = order->amount;
  int32_t futures = market->product != BOURSE_PRODUCT_SPOT;
  int32_t code = futures && !PRESENT(order->cost) ? bourse_order_contracts(call, market, order, &size) : BOURSE_OK;
  bourse_put_decimal(call, "size", PRESENT(order->cost) ? &order->cost : &size);
  bourse_put(call, "sizeUnit", PRESENT(order->cost) ? "QUOTECCY" : futures ? "UNIT" : "BASECCY");
  return code;
}

static void put_attached(bourse_call *call, const bourse_order_request *order) {
  const char *price =
      bourse_name_text(bourse__kucoin_trigger_prices, order->trigger_by != 0 ? order->trigger_by : BOURSE_PRICE_MARK);
  bourse_put_decimal(call, "tpTriggerPrice", &order->attached_take_profit_trigger);
  if (PRESENT(order->attached_take_profit_trigger)) bourse_put(call, "tpTriggerPriceType", price);
  bourse_put_decimal(call, "slTriggerPrice", &order->attached_stop_loss_trigger);
  if (PRESENT(order->attached_stop_loss_trigger)) bourse_put(call, "slTriggerPriceType", price);
}

static int32_t put_order(bourse_call *call, const bourse__kucoin_subject *subject) {
  const bourse_order_request *order = subject->order;
  int32_t code = check_order(call, subject);
  if (code == BOURSE_OK) code = put_size(call, subject->market, order);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "clientOid", order->client_order_id);
  bourse_put(call, "symbol", subject->market->id);
  bourse_put(call, "side", bourse_name_text(bourse__kucoin_unified_sides, order->side));
  bourse_put(call, "orderType", bourse_name_text(bourse__kucoin_unified_types, order->type));
  bourse_put_decimal(call, "price", &order->price);
  if (order->type == BOURSE_ORDER_LIMIT)
    bourse_put(call, "timeInForce", bourse_name_text(bourse__kucoin_times_in_force, order->time_in_force));
  if (order->post_only > 0) bourse__kucoin_put_true(call, "postOnly");
  if (order->reduce_only > 0) bourse__kucoin_put_true(call, "reduceOnly");
  put_attached(call, order);
  bourse_put(call, "stp", bourse_name_text(bourse__kucoin_self_trades, order->self_trade));
  return bourse__kucoin_put_expiry(call, order);
}

void bourse__kucoin_put_trade_type(bourse_call *call) {
  bourse_put(call, "tradeType", trade_type(call->market, call->margin_mode, call->product));
}

UNIFIED_BUILD(order) {
  bourse__kucoin_subject subject = {call->order, call->market, call->margin_mode};
  bourse__kucoin_put_trade_type(call);
  return put_order(call, &subject);
}

UNIFIED_BUILD(batch_orders) {
  bourse_put(call, "tradeType", item_trade_type(call, (uint32_t)call->scratch[0]));
  return bourse__kucoin_put_batch(call, "orderList", put_order);
}

/* --- Naming orders, and canceling them --- */

static int32_t put_named(bourse_call *call, const char *id, const char *client_id) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  bourse_put(call, id != NULL ? "orderId" : "clientOid", id != NULL ? id : client_id);
  return BOURSE_OK;
}

UNIFIED_BUILD(one_order) {
  bourse__kucoin_put_trade_type(call);
  return put_named(call, call->request->order_id, call->request->client_order_id);
}

UNIFIED_BUILD(batch_cancel) {
  bourse_text text;
  uint32_t first = (uint32_t)call->scratch[0], count = (uint32_t)call->scratch[1];
  bourse__kucoin_put_trade_type(call);
  bourse_text_init(&text, call->arena);
  for (uint32_t i = first; i < first + count; i++) {
    uint32_t mark = call->wire.param_count;
    int32_t code = put_named(call, bourse_item_id(call, i), bourse_item_client_id(call, i));
    if (code != BOURSE_OK) return code;
    bourse_text_char(&text, i == first ? '[' : ',');
    bourse_fold_params(call, &text, mark);
  }
  bourse_text_char(&text, ']');
  return bourse_put_text(call, "cancelOrderList", &text);
}

UNIFIED_BUILD(cancel_all) {
  if (call->request->trigger > 0)
    return bourse_unsupported(call, "trigger",
                              "conditional orders of the unified account are not canceled in a settled way");
  bourse__kucoin_put_trade_type(call);
  bourse_put(call, "orderFilter", "NORMAL");
  return bourse__kucoin_build_symbol(call);
}

/* {"tradeType": ..., "items": [...]}: one for each order that was sent, or that was canceled. */
UNIFIED_PARSE(batch) {
  bourse_http_reply data;
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code != BOURSE_OK) return code == BOURSE_DONE ? BOURSE_OK : code;
  bourse__kucoin_begin_batch(call);
  return bourse__kucoin_end_batch(call, bourse_read_page(call, &data, "items", NULL, bourse__kucoin_batch_row, NULL));
}

typedef struct canceled_row {
  const char *id;
  const char *client_id;
  const char *message;
  bourse_slice code;
} canceled_row;

static const bourse_field canceled_fields[] = {
    BOURSE_FIELD("orderId", ID, canceled_row, id),
    BOURSE_FIELD("clientOid", ID, canceled_row, client_id),
    BOURSE_FIELD("code", SLICE, canceled_row, code),
    BOURSE_FIELD("msg", STRING, canceled_row, message),
};
static const bourse_table canceled_table = BOURSE_TABLE(canceled_fields);

static int32_t canceled_row_read(bourse_call *call, bourse_decoder *decoder) {
  canceled_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &canceled_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_order *record = bourse__kucoin_append_canceled(call, row.id, row.client_id);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  if (row.code.data == NULL || bourse_slice_is(row.code, "200000")) return BOURSE_OK;
  record->status = 0;
  record->error = bourse__kucoin_error_code(row.code, bourse_slice_of(row.message));
  record->error_message = row.message;
  record->outcome = bourse_refusal_outcome(record->error);
  return BOURSE_OK;
}

UNIFIED_PARSE(cancel_all) {
  bourse_http_reply data;
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code != BOURSE_OK || bourse__kucoin_is_null(&data)) return code;
  return bourse_read_page(call, &data, "items", NULL, canceled_row_read, NULL);
}

UNIFIED_BUILD(cancel_all_after) {
  bourse_text text;
  int32_t code = bourse__kucoin_put_timer(call);
  bourse__kucoin_put_trade_type(call);
  if (code != BOURSE_OK || call->market == NULL) return code;
  bourse_text_init(&text, call->arena);
  bourse_text_char(&text, '[');
  bourse_text_json(&text, call->market->id, strlen(call->market->id));
  bourse_text_char(&text, ']');
  return bourse_put_text(call, "symbols", &text);
}
