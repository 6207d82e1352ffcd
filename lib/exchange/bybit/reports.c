/* exchange/bybit/reports.c - what the exchange tells of orders and fills, and asking for it.
 *
 * One list has the orders that are open, and the newest of those that are not; another, those of the past. */
#include <string.h>

#include "exchange/bybit/bybit.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

static const bourse_market *market_of(bourse_call *call, bourse_slice id) {
  return bourse_market_by_id(call, call->product, id);
}

/* --- Orders --- */

static int32_t lists(const bourse_call *call) { return call->operation != BOURSE_OP_FETCH_ORDER; }

/* Whether this operation lists this order. */
static int32_t is_listed(const bourse_call *call, const bourse_order *order) {
  int32_t trigger = call->request->trigger;
  if (!lists(call)) return 1;
  if (!bourse_is_wanted(call, order->market_id)) return 0;
  if (trigger != 0 && (trigger > 0) != (order->conditional > 0)) return 0;
  switch (call->operation) {
    case BOURSE_OP_FETCH_CLOSED_ORDERS: return order->status == BOURSE_ORDER_FILLED;
    case BOURSE_OP_FETCH_CANCELED_ORDERS: return order->status == BOURSE_ORDER_CANCELED;
    case BOURSE_OP_FETCH_OPEN_ORDERS:
      return order->status == BOURSE_ORDER_OPEN || order->status == BOURSE_ORDER_UNTRIGGERED ||
             order->status == BOURSE_ORDER_UNKNOWN;
    default: return 1;
  }
}

/* Both lists, and pages that moved, may have an order twice. */
static int32_t is_repeated(bourse_call *call, const bourse_order *order) {
  for (uint32_t i = bourse_appended(call); i-- > 0;) {
    const bourse_order *other = bourse_appended_at(call, i);
    if (other->id != NULL && strcmp(other->id, order->id) == 0) return 1;
  }
  return 0;
}

static int32_t order_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__bybit_order_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bourse__bybit_order_table, &row);
  if (code != BOURSE_OK) return code;
  if (bourse__bybit_finish_order(call->arena, call->product, market_of(call, row.symbol), &row) != BOURSE_OK)
    return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
  if (!is_listed(call, &row.order) || is_repeated(call, &row.order)) return BOURSE_OK;
  int32_t open_part = call->endpoint->operation == BOURSE_OP_FETCH_OPEN_ORDERS;
  if (lists(call) && open_part && !bourse_in_range(call, row.order.created_ns)) return BOURSE_OK;
  bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  *order = row.order;
  return BOURSE_OK;
}

static int32_t put_asked(bourse_call *call) {
  const bourse_request *request = call->request;
  if (request->order_id == NULL && request->client_order_id == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "order_id", "order_id or client_order_id is needed");
  bourse__bybit_put_symbol(call);
  bourse_put(call, "orderId", request->order_id);
  if (request->order_id == NULL) bourse_put(call, "orderLinkId", request->client_order_id);
  return BOURSE_OK;
}

/* All of them, in pages; linear ones without a market by settle currency. */
BUILD(open_orders) {
  if (!lists(call)) return put_asked(call);
  int64_t turn = call->scratch[BYBIT_SCRATCH_TURN] - (call->operation == BOURSE_OP_FETCH_ORDERS ? 1 : 0);
  bourse__bybit_put_listed(call, turn);
  if (call->request->trigger > 0 && call->product != BOURSE_PRODUCT_SPOT) bourse_put(call, "orderFilter", "StopOrder");
  if (call->request->trigger < 0) bourse_put(call, "orderFilter", "Order");
  int32_t most = call->limit >= 50 || call->operation == BOURSE_OP_CANCEL_ALL_ORDERS;
  bourse_put_uint(call, "limit", most ? 50 : call->limit);
  bourse__bybit_put_cursor(call);
  return BOURSE_OK;
}

BUILD(order_history) {
  if (!lists(call)) return put_asked(call);
  bourse__bybit_put_symbol(call);
  if (call->operation == BOURSE_OP_FETCH_CLOSED_ORDERS) bourse_put(call, "orderStatus", "Filled");
  bourse__bybit_put_page(call);
  return BOURSE_OK;
}

/* One order: not among the open ones and the newest, it is looked for in the past. */
PARSE(open_orders) {
  int32_t code = lists(call) ? bourse__bybit_whole(call, reply, "list", order_row_read)
                             : bourse__bybit_list(call, reply, "list", order_row_read, NULL);
  if (code != BOURSE_OK) return code;
  if (!lists(call)) {
    if (bourse_appended(call) > 0) return BOURSE_OK;
    call->scratch[BYBIT_SCRATCH_TURN] = 1;
    return BOURSE_CONTINUE;
  }
  int64_t turns = bourse__bybit_listings(call) + (call->operation == BOURSE_OP_FETCH_ORDERS ? 1 : 0);
  return ++call->scratch[BYBIT_SCRATCH_TURN] < turns ? BOURSE_CONTINUE : BOURSE_OK;
}

/* fetch_orders has the open ones too; they are in the other list. */
PARSE(order_history) {
  bourse_page page;
  int32_t code = bourse__bybit_list(call, reply, "list", order_row_read, &page);
  if (code != BOURSE_OK) return code;
  if (!lists(call)) {
    if (bourse_appended(call) > 0) return BOURSE_OK;
    return bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND, NULL, "Bybit knows no order of that id");
  }
  code = bourse_next_page(call, &page, BOURSE_NEWEST_FIRST);
  if (code != BOURSE_OK || call->operation != BOURSE_OP_FETCH_ORDERS || call->request->cursor != NULL) return code;
  call->scratch[BYBIT_SCRATCH_TURN] = 1;
  return BOURSE_CONTINUE;
}

/* --- Fills --- */

static int32_t read_fill(bourse_call *call, bourse_decoder *decoder, bourse__bybit_fill_row *row) {
  memset(row, 0, sizeof *row);
  int32_t code = bourse_decode_object(decoder, &bourse__bybit_fill_table, row);
  if (code != BOURSE_OK) return code;
  if (bourse__bybit_finish_fill(call->arena, call->product, market_of(call, row->symbol), row) == BOURSE_OK)
    return BOURSE_OK;
  return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
}

static int32_t fill_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__bybit_fill_row row;
  int32_t code = read_fill(call, decoder, &row);
  if (code != BOURSE_OK || !bourse__bybit_is_fill(&row) || !bourse_is_wanted(call, row.fill.market_id)) return code;
  bourse_fill *fill = bourse_append(call, BOURSE_KIND_FILL);
  if (fill == NULL) return BOURSE_ERROR_MEMORY;
  *fill = row.fill;
  return BOURSE_OK;
}

BUILD(fills) {
  if (call->request->id != NULL)
    return bourse_unsupported(call, "id", "own trades are found by time or by their order");
  bourse__bybit_put_symbol(call);
  bourse_put(call, "orderId", call->request->order_id);
  bourse_put(call, "execType", "Trade");
  bourse__bybit_put_page(call);
  return BOURSE_OK;
}

PARSE(fills) {
  if (call->operation == BOURSE_OP_FETCH_ORDER_TRADES && call->request->limit == 0)
    return bourse__bybit_whole(call, reply, "list", fill_row_read);
  return bourse__bybit_pages(call, reply, "list", fill_row_read);
}

/* Funding is in the list of fills: what it takes stands there as a fee. */
static int32_t funding_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__bybit_fill_row row;
  int32_t code = read_fill(call, decoder, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.fill.market_id)) return code;
  bourse_ledger_entry *entry = bourse_append(call, BOURSE_KIND_LEDGER_ENTRY);
  if (entry == NULL) return BOURSE_ERROR_MEMORY;
  entry->id = row.fill.id;
  entry->symbol = row.fill.symbol != NULL ? row.fill.symbol : row.fill.market_id;
  entry->currency = row.fill.fee_currency;
  entry->kind = "funding";
  entry->native_kind = "Funding";
  entry->time_ns = row.fill.time_ns;
  entry->amount = row.fill.fee;
  bourse_decimal_negate(&entry->amount);
  return BOURSE_OK;
}

BUILD(funding_paid) {
  bourse__bybit_put_symbol(call);
  bourse_put(call, "execType", "Funding");
  bourse__bybit_put_page(call);
  return BOURSE_OK;
}

PARSE(funding_paid) { return bourse__bybit_pages(call, reply, "list", funding_row_read); }

/* A position that was taken over is in the list of fills too, and is told as the order that ended it. */
static int32_t liquidation_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__bybit_fill_row row;
  int32_t code = read_fill(call, decoder, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.fill.market_id)) return code;
  bourse_order *order = bourse_append(call, BOURSE_KIND_ORDER);
  if (order == NULL) return BOURSE_ERROR_MEMORY;
  order->id = row.fill.order_id;
  order->client_order_id = row.fill.client_order_id;
  order->symbol = row.fill.symbol;
  order->market_id = row.fill.market_id;
  order->native_type = "BustTrade";
  order->status = BOURSE_ORDER_FILLED;
  order->side = row.fill.side;
  order->average = row.fill.price;
  order->amount = order->filled = row.fill.amount;
  order->contracts = order->filled_contracts = row.fill.contracts;
  order->cost = row.fill.cost;
  order->fee = row.fill.fee;
  order->fee_currency = row.fill.fee_currency;
  order->created_ns = order->updated_ns = row.fill.time_ns;
  order->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}

BUILD(liquidations) {
  bourse__bybit_put_symbol(call);
  bourse_put(call, "execType", "BustTrade");
  bourse__bybit_put_page(call);
  return BOURSE_OK;
}

PARSE(liquidations) { return bourse__bybit_pages(call, reply, "list", liquidation_row_read); }
