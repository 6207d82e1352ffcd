/* exchange/kucoin/unified_reports.c - what the exchange tells of the unified account: orders, fills, balances, positions, fees and
 * its book. Sizes are in the unit that an order was given in, which its sizeUnit names. */
#include <string.h>

#include "exchange/kucoin/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

#define PAGE_MAX 200

/* --- Orders --- */

typedef bourse__kucoin_unified_order order_row;

static const bourse_field order_fields[] = {
    BOURSE_FIELD_MUST("orderId", ID, order_row, order.id),
    BOURSE_FIELD_FULL("symbol", CUSTOM, order_row, order.symbol, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_market),
    BOURSE_FIELD("orderType", STRING, order_row, type),
    BOURSE_FIELD_ENUM("side", order_row, order.side, bourse__kucoin_unified_sides),
    BOURSE_FIELD("size", DECIMAL, order_row, size),
    BOURSE_FIELD_CUSTOM("price", order_row, order.price, bourse_decode_nonzero),
    BOURSE_FIELD_ENUM("timeInForce", order_row, order.time_in_force, bourse__kucoin_times_in_force),
    KUCOIN_TIME("orderTime", order_row, order.created_ns),
    BOURSE_FIELD_ENUM("stp", order_row, order.self_trade, bourse__kucoin_self_trades),
    BOURSE_FIELD("cancelAfter", INT64, order_row, cancel_after),
    BOURSE_FIELD("postOnly", BOOL, order_row, order.post_only),
    BOURSE_FIELD("reduceOnly", BOOL, order_row, order.reduce_only),
    BOURSE_FIELD("triggerDirection", CHECK, order_row, order),
    BOURSE_FIELD_CUSTOM("triggerPrice", order_row, order.trigger_price, bourse_decode_nonzero),
    BOURSE_FIELD_ENUM("triggerPriceType", order_row, order.trigger_by, bourse__kucoin_trigger_prices),
    BOURSE_FIELD_CUSTOM("tpTriggerPrice", order_row, take_profit, bourse_decode_nonzero),
    BOURSE_FIELD_CUSTOM("slTriggerPrice", order_row, stop_loss, bourse_decode_nonzero),
    BOURSE_FIELD("filledSize", DECIMAL, order_row, filled),
    BOURSE_FIELD_CUSTOM("avgPrice", order_row, order.average, bourse_decode_nonzero),
    BOURSE_FIELD("fee", DECIMAL, order_row, order.fee),
    KUCOIN_CURRENCY("feeCurrency", order_row, order.fee_currency),
    KUCOIN_TIME("updatedTime", order_row, order.updated_ns),
    BOURSE_FIELD("triggerOrderId", CHECK, order_row, order),
    BOURSE_FIELD("cancelReason", ID, order_row, reason),
    BOURSE_FIELD("cancelSize", CHECK, order_row, order),
    BOURSE_FIELD("clientOid", ID, order_row, order.client_order_id),
    BOURSE_FIELD("sizeUnit", STRING, order_row, unit),
    BOURSE_FIELD("tradeType", SLICE, order_row, trade_type),
    BOURSE_FIELD_FULL("status", INT64, order_row, status, BOURSE_FIELD_REQUIRED, NULL, NULL),
};
static const bourse_table order_table = BOURSE_TABLE(order_fields);

/* What was to be spent says in quote units how much is filled: how much that is in base units is not told. */
static void finish_sizes(const bourse_market *market, order_row *row) {
  bourse_order *order = &row->order;
  int32_t contracts = row->unit != NULL && strcmp(row->unit, "UNIT") == 0;
  if (row->unit != NULL && strcmp(row->unit, "QUOTECCY") == 0) {
    order->requested_cost = row->size;
    order->cost = row->filled;
    return;
  }
  *(contracts ? &order->contracts : &order->amount) = row->size;
  *(contracts ? &order->filled_contracts : &order->filled) = row->filled;
  if (contracts) {
    bourse_from_contracts(market, &order->contracts, &order->amount);
    bourse_from_contracts(market, &order->filled_contracts, &order->filled);
    if (market != NULL && market->product == BOURSE_PRODUCT_INVERSE)
      bourse__kucoin_futures_cost(market, &order->filled_contracts, NULL, &order->cost);
  }
  if (PRESENT(order->amount) && PRESENT(order->filled))
    bourse_decimal_sub(&order->remaining, &order->amount, &order->filled);
}

static void finish_status(order_row *row) {
  static const int32_t told[] = {BOURSE_ORDER_UNTRIGGERED, BOURSE_ORDER_TRIGGERED, BOURSE_ORDER_OPEN,
                                 BOURSE_ORDER_FILLED,      BOURSE_ORDER_OPEN,      BOURSE_ORDER_CANCELED,
                                 BOURSE_ORDER_CANCELED};
  static const char *const words[] = {"0", "1", "2", "3", "4", "5", "6"};
  bourse_order *order = &row->order;
  int32_t known = row->status >= 0 && row->status < (int64_t)(sizeof told / sizeof told[0]);
  order->status = known ? told[row->status] : BOURSE_ORDER_UNKNOWN;
  order->native_status = known ? words[row->status] : NULL;
  order->conditional = PRESENT(order->trigger_price) ? BOURSE_YES : BOURSE_NO;
  if (row->reason != NULL && row->reason[0] != '\0') order->reason = row->reason;
}

void bourse__kucoin_unified_finish_order(const bourse_market *market, bourse__kucoin_unified_order *row) {
  bourse_order *order = &row->order;
  order->type = row->type == NULL ? 0 : bourse_name_value(bourse__kucoin_unified_types, bourse_slice_of(row->type));
  order->native_type = row->type;
  if (order->client_order_id != NULL && order->client_order_id[0] == '\0') order->client_order_id = NULL;
  if (order->type == BOURSE_ORDER_MARKET) order->time_in_force = 0;
  if (bourse_slice_is(row->trade_type, "MARGIN")) order->margin_mode = BOURSE_MARGIN_CROSS;
  if (row->cancel_after > 0 && order->created_ns > 0 && row->cancel_after < 31536000)
    order->expire_ns = order->created_ns + row->cancel_after * KUCOIN_SECOND;
  order->take_profit_price = row->take_profit;
  order->stop_loss_price = row->stop_loss;
  order->realization = BOURSE_NATIVE;
  finish_sizes(market, row);
  finish_status(row);
}

static int32_t is_wanted_market(bourse_call *call, const char *id) {
  return !bourse_is_futures(call) || bourse__kucoin_futures_is_wanted(call, id);
}

static int32_t order_row_read(bourse_call *call, bourse_decoder *decoder) {
  order_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &order_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_order *order = &row.order;
  bourse__kucoin_unified_finish_order(bourse__kucoin_market(call, bourse_slice_of(order->market_id)), &row);
  if (!is_wanted_market(call, order->market_id) || !bourse__kucoin_is_wanted(call, order)) return BOURSE_OK;
  bourse_order *record = bourse_append(call, BOURSE_KIND_ORDER);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *order;
  return BOURSE_OK;
}

UNIFIED_PARSE(one_order) {
  int32_t code = bourse__kucoin_rows(call, reply, order_row_read);
  return code == BOURSE_OK && bourse_appended(call) == 0 ? bourse__kucoin_order_not_found(call) : code;
}

/* --- Lists: on spot and margin they are of one market --- */

static uint32_t page_size(const bourse_call *call) {
  uint32_t limit = call->request->limit;
  return limit == 0 || limit > PAGE_MAX ? PAGE_MAX : limit;
}

static int32_t put_list(bourse_call *call) {
  if (call->request->trigger > 0)
    return bourse_unsupported(call, "trigger",
                              "conditional orders of the unified account are not listed in a settled way");
  if (!bourse_is_futures(call) && bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse__kucoin_put_trade_type(call);
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  bourse_put_ms(call, "startAt", call->since_ns);
  bourse_put_ms(call, "endAt", call->until_ns);
  bourse_put_uint(call, "pageSize", page_size(call));
  return BOURSE_OK;
}

UNIFIED_BUILD(open_orders) {
  int32_t code = put_list(call);
  bourse_put(call, "pageNumber", bourse_page_token(call));
  return code;
}

UNIFIED_PARSE(open_orders) {
  int32_t code = bourse__kucoin_pages(call, reply, order_row_read);
  if (code != BOURSE_OK || call->operation != BOURSE_OP_FETCH_ORDERS) return code;
  call->scratch[SCRATCH_STAGE] = KUCOIN_ASK_DONE;
  bourse_restart_pages(call);
  return BOURSE_CONTINUE;
}

UNIFIED_BUILD(past) {
  if (call->request->id != NULL)
    return bourse_unsupported(call, "id", "own trades are found by time or by their order");
  int32_t code = put_list(call);
  bourse_put(call, "orderId", call->request->order_id);
  bourse_put(call, "lastId", bourse_page_token(call));
  return code;
}

/* A page that is not full is the last one. */
static int32_t read_past(bourse_call *call, const bourse_http_reply *reply, bourse_row_function row) {
  bourse_http_reply data;
  bourse_page page = {NULL, 0};
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  if (code != BOURSE_OK || bourse__kucoin_is_null(&data)) return code;
  code = bourse_read_page(call, &data, "items", "lastId", row, &page);
  return code != BOURSE_OK || page.rows < page_size(call) ? code : bourse_next_page(call, &page, BOURSE_NEWEST_FIRST);
}

UNIFIED_PARSE(past_orders) { return read_past(call, reply, order_row_read); }

/* --- Fills --- */

const bourse_name bourse__kucoin_unified_roles[] = {{"MAKER", BOURSE_MAKER}, {"TAKER", BOURSE_TAKER}, {NULL, 0}};

typedef struct fill_row {
  bourse_fill fill;
  bourse_decimal size;
  bourse_decimal value;
} fill_row;

static const bourse_field fill_fields[] = {
    BOURSE_FIELD_MUST("tradeId", ID, fill_row, fill.id),
    BOURSE_FIELD("orderId", ID, fill_row, fill.order_id),
    BOURSE_FIELD_FULL("symbol", CUSTOM, fill_row, fill.symbol, BOURSE_FIELD_REQUIRED, NULL, bourse__kucoin_read_market),
    BOURSE_FIELD_ENUM("side", fill_row, fill.side, bourse__kucoin_unified_sides),
    BOURSE_FIELD_MUST("price", DECIMAL, fill_row, fill.price),
    BOURSE_FIELD_MUST("size", DECIMAL, fill_row, size),
    BOURSE_FIELD("value", DECIMAL, fill_row, value),
    BOURSE_FIELD("feeRate", CHECK, fill_row, fill),
    BOURSE_FIELD("fee", DECIMAL, fill_row, fill.fee),
    KUCOIN_CURRENCY("feeCurrency", fill_row, fill.fee_currency),
    BOURSE_FIELD_ENUM("liquidityRole", fill_row, fill.role, bourse__kucoin_unified_roles),
    BOURSE_FIELD_ENUM("liquidity", fill_row, fill.role, bourse__kucoin_unified_roles),
    BOURSE_FIELD_FULL("executionTime", CUSTOM, fill_row, fill.time_ns, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_time),
};
static const bourse_table fill_table = BOURSE_TABLE(fill_fields);

void bourse__kucoin_unified_finish_fill(const bourse_market *market, int32_t futures, const bourse_decimal *size,
                                        bourse_fill *fill) {
  if (!futures) {
    fill->amount = *size;
    if (!PRESENT(fill->cost)) bourse_decimal_mul(&fill->cost, &fill->price, &fill->amount);
    return;
  }
  fill->contracts = *size;
  bourse_from_contracts(market, &fill->contracts, &fill->amount);
  if (!PRESENT(fill->cost) || (market != NULL && market->product == BOURSE_PRODUCT_INVERSE))
    bourse__kucoin_futures_cost(market, &fill->contracts, &fill->price, &fill->cost);
}

static int32_t fill_row_read(bourse_call *call, bourse_decoder *decoder) {
  fill_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &fill_table, &row);
  if (code != BOURSE_OK || !is_wanted_market(call, row.fill.market_id) || !bourse_in_range(call, row.fill.time_ns))
    return code;
  const bourse_market *market = bourse__kucoin_market(call, bourse_slice_of(row.fill.market_id));
  bourse_fill *fill = bourse_append(call, BOURSE_KIND_FILL);
  if (fill == NULL) return BOURSE_ERROR_MEMORY;
  *fill = row.fill;
  fill->cost = row.value;
  fill->margin_mode = call->margin_mode;
  bourse__kucoin_unified_finish_fill(market, bourse_is_futures(call), &row.size, fill);
  return BOURSE_OK;
}

UNIFIED_PARSE(fills) { return read_past(call, reply, fill_row_read); }

/* --- Balances --- */

static const bourse_field balance_fields[] = {
    BOURSE_FIELD_FULL("currency", CUSTOM, bourse_balance, currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_currency),
    BOURSE_FIELD("equity", DECIMAL, bourse_balance, equity),
    BOURSE_FIELD("hold", DECIMAL, bourse_balance, used),
    BOURSE_FIELD_MUST("balance", DECIMAL, bourse_balance, total),
    BOURSE_FIELD("available", DECIMAL, bourse_balance, free),
    BOURSE_FIELD("liability", DECIMAL, bourse_balance, borrowed),
};
static const bourse_table balance_table = BOURSE_TABLE(balance_fields);

static int32_t balance_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_balance row;
  const char *asked = call->request->currency;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &balance_table, &row);
  if (code != BOURSE_OK || (asked != NULL && strcmp(asked, row.currency) != 0)) return code;
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  *balance = row;
  balance->wallet = BOURSE_WALLET_UNIFIED;
  balance->time_ns = call->now_ns;
  if (PRESENT(row.borrowed)) bourse_decimal_sub(&balance->net, &row.total, &row.borrowed);
  return BOURSE_OK;
}

typedef struct account_row {
  int32_t read;
} account_row;

static int32_t read_currencies(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "currencies", balance_row);
}

static const bourse_field account_fields[] = {
    BOURSE_FIELD_FULL("currencies", CUSTOM, account_row, read, BOURSE_FIELD_REQUIRED, NULL, read_currencies)};
static const bourse_table account_table = BOURSE_TABLE(account_fields);

static int32_t account_row_read(bourse_call *call, bourse_decoder *decoder) {
  account_row row = {0};
  (void)call;
  return bourse_decode_object(decoder, &account_table, &row);
}

UNIFIED_PARSE(balances) {
  bourse_http_reply data;
  int32_t code = bourse__kucoin_unwrap(call, reply, &data);
  return code == BOURSE_OK ? bourse_read_page(call, &data, "accounts", NULL, account_row_read, NULL) : code;
}

/* --- Positions --- */

static const bourse_field position_fields[] = {
    BOURSE_FIELD_FULL("symbol", CUSTOM, bourse__kucoin_position, position.symbol, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_market),
    BOURSE_FIELD("id", ID, bourse__kucoin_position, position.id),
    BOURSE_FIELD_ENUM("marginMode", bourse__kucoin_position, position.margin_mode, bourse__kucoin_margin_modes),
    BOURSE_FIELD_MUST("size", DECIMAL, bourse__kucoin_position, quantity),
    BOURSE_FIELD_CUSTOM("entryPrice", bourse__kucoin_position, position.entry_price, bourse_decode_nonzero),
    BOURSE_FIELD("positionValue", DECIMAL, bourse__kucoin_position, value),
    BOURSE_FIELD("markPrice", DECIMAL, bourse__kucoin_position, position.mark_price),
    BOURSE_FIELD("leverage", DECIMAL, bourse__kucoin_position, position.leverage),
    BOURSE_FIELD("unrealizedPnL", DECIMAL, bourse__kucoin_position, position.unrealized_pnl),
    BOURSE_FIELD("realizedPnL", DECIMAL, bourse__kucoin_position, position.realized_pnl),
    BOURSE_FIELD("initialMargin", DECIMAL, bourse__kucoin_position, position.initial_margin),
    BOURSE_FIELD("mmr", CHECK, bourse__kucoin_position, position),
    BOURSE_FIELD("maintenanceMargin", DECIMAL, bourse__kucoin_position, position.maintenance_margin),
    BOURSE_FIELD("creationTime", CHECK, bourse__kucoin_position, position),
};
static const bourse_table position_table = BOURSE_TABLE(position_fields);

static int32_t position_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__kucoin_position row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &position_table, &row);
  if (code != BOURSE_OK || bourse_decimal_sign(&row.quantity) == 0 ||
      !bourse__kucoin_futures_is_wanted(call, row.position.market_id))
    return code;
  bourse__kucoin_futures_finish_position(bourse__kucoin_futures_market(call, row.position.market_id), &row);
  bourse_position *position = bourse_append(call, BOURSE_KIND_POSITION);
  if (position == NULL) return BOURSE_ERROR_MEMORY;
  *position = row.position;
  return BOURSE_OK;
}

UNIFIED_BUILD(positions) {
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  return BOURSE_OK;
}

UNIFIED_PARSE(positions) { return bourse__kucoin_rows(call, reply, position_row_read); }

/* --- Fees, and the account's book --- */

UNIFIED_BUILD(fees) {
  const bourse_market *market = call->market != NULL ? call->market : call->market_count > 0 ? call->markets[0] : NULL;
  if (market == NULL || call->market_count > 1)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "symbol", "the unified account tells fees of one market");
  bourse_put(call, "tradeType", bourse_is_futures(call) ? "FUTURES" : "SPOT");
  bourse_put(call, "symbol", market->id);
  return BOURSE_OK;
}

UNIFIED_PARSE(fees) { return bourse__kucoin_list(call, reply, "list", bourse__kucoin_fee_row); }

UNIFIED_BUILD(ledger) {
  if (call->request->symbol != NULL || call->request->id != NULL)
    return bourse_unsupported(call, call->request->symbol != NULL ? "symbol" : "id",
                              "the account's book is by currency and time");
  bourse_put(call, "accountType", "UNIFIED");
  bourse_put(call, "currency", call->request->currency);
  bourse_put_ms(call, "startAt", call->since_ns);
  bourse_put_ms(call, "endAt", call->until_ns);
  bourse_put(call, "lastId", bourse_page_token(call));
  bourse_put_uint(call, "pageSize", page_size(call));
  return BOURSE_OK;
}

UNIFIED_PARSE(ledger) { return read_past(call, reply, bourse__kucoin_ledger_row); }
