/* sim/okx_report.c - orders and fills as they are told, and the lists of them. Follows "GET / Order details", "Order List",
 * "Order history" and "Transaction details" of the exchange's V5 documents. */
#include "okx.h"

#define UNFILLED_NS (2 * OKX_HOUR) /* so long orders that ended without a fill are kept */
#define LATE_NS     (300 * OKX_MS)

static void add(cJSON *json, const char *name, const char *text) { cJSON_AddStringToObject(json, name, text); }

static const char *state_of(const paper_order *as) {
  switch (as->status) {
    case BOURSE_ORDER_OPEN: return as->filled > 0 ? "partially_filled" : "live";
    case BOURSE_ORDER_FILLED: return "filled";
    default: return "canceled";
  }
}

const char *okx_mode_of(sim *s, uint32_t account, uint32_t market) {
  if (okx_is_spot(market)) return "cash";
  return okx_account(s, account)->holdings[market].isolated ? "isolated" : "cross";
}

static const char *source_of(sim *s, const okx_order *order) {
  const okx_order *algo = (const okx_order *)sim_order_by_id(&okx_of(s)->orders, order->algo);
  if (order->algo == 0 || algo == NULL || order->kind != OKX_PLAIN) return "";
  return algo->kind == OKX_TRIGGER ? "6" : algo->kind == OKX_TRAILING ? "25" : "7";
}

static const char *canceled_by(const okx_order *order, const paper_order *as) {
  if (as->status == BOURSE_ORDER_OPEN || as->status == BOURSE_ORDER_FILLED) return "";
  if (order->cancel_source != NULL) return order->cancel_source;
  switch (as->reason) {
    case PAPER_CANCELED: return "1";
    case PAPER_UNFILLED:
    case PAPER_NO_LIQUIDITY: return "14";
    case PAPER_SELF_TRADE: return "32";
    default: return "0";
  }
}

/* What the last fill of it was. */
static const paper_fill *last_fill(sim *s, const okx_order *order) {
  const paper_ring *fills = &okx_account(s, order->o.account)->fills;
  for (uint32_t i = fills->count; i-- > 0;) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    if (fill->order_id == order->o.engine_id) return fill;
  }
  return NULL;
}

static void add_fill(cJSON *json, sim *s, const okx_order *order, const paper_fill *fill, int32_t on_stream) {
  int32_t there = fill != NULL;
  const char *currency = there ? bourse__paper_currency_code(sim_engine(s), fill->fee_currency) : "";
  add(json, "fillPx", there ? okx_price(s, order->o.market, fill->price) : "");
  add(json, "fillSz", there ? okx_size(s, order->o.market, fill->amount) : "0");
  add(json, "fillTime", there ? okx_ms(s, fill->time_ns) : "");
  add(json, "tradeId", there ? sim_units_text((int64_t)fill->id, 0, 0) : "");
  if (!on_stream) return;
  add(json, "fillFee", there ? okx_fee(fill->fee) : "0");
  add(json, "fillFeeCcy", currency);
  add(json, "fillPnl", there ? sim_money_text(fill->realized, -1) : "0");
  add(json, "fillNotionalUsd",
      there ? sim_money_text(sim_worth(s, okx_market(s, order->o.market)->quote, fill->cost), 6) : "");
  add(json, "execType", !there ? "" : fill->role == BOURSE_MAKER ? "M" : "T");
}

static void add_attached(cJSON *json, const okx_order *order) {
  const okx_attached *exits = &order->attached;
  cJSON *list = cJSON_AddArrayToObject(json, "attachAlgoOrds");
  static const char *const names[2][2] = {{"tpTriggerPx", "tpOrdPx"}, {"slTriggerPx", "slOrdPx"}};
  if (!bourse_decimal_is_present(&exits->prices[0]) && !bourse_decimal_is_present(&exits->prices[1])) return;
  cJSON *row = cJSON_CreateObject();
  add(row, "attachAlgoId", "");
  add(row, "attachAlgoClOrdId", exits->client_id);
  for (int32_t i = 0; i < 2; i++) {
    int32_t there = bourse_decimal_is_present(&exits->prices[i]) > 0;
    add(row, names[i][0], there ? sim_decimal_text(&exits->prices[i]) : "");
    add(row, names[i][1],
        !there                                         ? ""
        : bourse_decimal_is_present(&exits->limits[i]) ? sim_decimal_text(&exits->limits[i])
                                                       : "-1");
  }
  cJSON_AddItemToArray(list, row);
}

static void add_terms(cJSON *json, sim *s, const okx_order *order, const paper_order *as) {
  static const char *const empty[] = {
      "slOrdPx", "slTriggerPx", "slTriggerPxType", "tpOrdPx", "tpTriggerPx",        "tpTriggerPxType",  "pxUsd",
      "pxVol",   "pxType",      "quickMgnType",    "stpId",   "cancelSourceReason", "attachAlgoClOrdId"};
  int32_t spot = okx_is_spot(order->o.market);
  const okx_order *algo = order->algo == 0 ? NULL : (const okx_order *)sim_order_by_id(&okx_of(s)->orders, order->algo);
  add(json, "ordType", order->type == NULL ? "market" : order->type);
  add(json, "side", as->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  add(json, "posSide", order->o.unasked ? "net" : order->position);
  add(json, "tdMode", order->o.unasked ? okx_mode_of(s, order->o.account, order->o.market) : order->mode);
  add(json, "tgtCcy", order->has_target ? (order->in_quote ? "quote_ccy" : "base_ccy") : "");
  add(json, "ccy", "");
  add(json, "lever",
      spot ? "" : sim_units_text(okx_account(s, order->o.account)->holdings[order->o.market].leverage, 0, 0));
  add(json, "reduceOnly", as->reduce_only ? "true" : "false");
  add(json, "stpMode",
      as->self_trade == BOURSE_SELF_TRADE_CANCEL_TAKER  ? "cancel_taker"
      : as->self_trade == BOURSE_SELF_TRADE_CANCEL_BOTH ? "cancel_both"
                                                        : "cancel_maker");
  add(json, "category", order->o.unasked ? "full_liquidation" : "normal");
  add(json, "source", source_of(s, order));
  add(json, "algoId", algo == NULL ? "" : okx_id(algo->o.id));
  add(json, "algoClOrdId", algo == NULL ? "" : algo->o.client_id);
  add(json, "isTpLimit", "false");
  add(cJSON_AddObjectToObject(json, "linkedAlgoOrd"), "algoId", "");
  for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) add(json, empty[i], "");
}

cJSON *okx_order_json(sim *s, const okx_order *order, const paper_order *as, const paper_fill *fill,
                      int32_t on_stream) {
  const paper_market *market = okx_market(s, order->o.market);
  bourse_decimal average = bourse__paper_average(market, as->cost_filled, as->filled, 4);
  const char *currency = as->filled > 0                ? bourse__paper_currency_code(sim_engine(s), as->fee_currency)
                         : market->linear              ? market->about->settle
                         : as->side == BOURSE_SIDE_BUY ? market->about->base
                                                       : market->about->quote;
  cJSON *json = cJSON_CreateObject();
  add(json, "instType", okx_type(order->o.market));
  add(json, "instId", market->about->id);
  add(json, "ordId", okx_id(order->o.id));
  add(json, "clOrdId", order->o.client_id);
  add(json, "tag", order->tag);
  add(json, "px", as->type == BOURSE_ORDER_LIMIT ? okx_price(s, order->o.market, as->price) : "");
  add(json, "sz",
      order->in_quote ? sim_decimal_text(&order->o.request.cost) : okx_size(s, order->o.market, as->amount));
  add(json, "state", state_of(as));
  add(json, "accFillSz", okx_size(s, order->o.market, as->filled));
  add(json, "avgPx", as->filled == 0 ? "" : sim_decimal_text(&average));
  add(json, "fee", as->filled == 0 ? "0" : okx_fee(as->fee));
  add(json, "feeCcy", currency);
  add(json, "rebate", "0");
  add(json, "rebateCcy",
      market->linear                ? market->about->settle
      : as->side == BOURSE_SIDE_BUY ? market->about->quote
                                    : market->about->base);
  add(json, "pnl", fill != NULL ? sim_money_text(fill->realized, -1) : "0");
  add_fill(json, s, order, fill, on_stream);
  add_terms(json, s, order, as);
  add_attached(json, order);
  add(json, "cancelSource", canceled_by(order, as));
  add(json, "cTime", okx_ms(s, order->o.own.created_ns));
  add(json, "uTime", okx_ms(s, as->updated_ns));
  if (!on_stream) return json;
  add(json, "notionalUsd", "");
  add(json, "amendResult", order->amended > 0 ? "0" : order->amended < 0 ? "-1" : "");
  add(json, "reqId", order->amended != 0 ? order->request_id : "");
  add(json, "amendSource", order->amended != 0 ? "1" : "");
  add(json, "code", "0");
  add(json, "msg", "");
  add(json, "lastPx", okx_price(s, order->o.market, market->last));
  return json;
}

/* --- Lists of orders --- */

static int32_t is_kept(sim *s, const paper_order *as) {
  return bourse__paper_is_open(as) || as->filled > 0 || sim_now_ns(s) - as->updated_ns <= UNFILLED_NS;
}

static void run_order(okx_call *call) {
  sim *s = call->s;
  int32_t market = okx_instrument(call);
  okx_order *order = market < 0 ? NULL : okx_find(call, market, 0);
  if (call->failed) return;
  const paper_order *as = order == NULL ? NULL : sim_order_paper(s, &order->o);
  int32_t late =
      order != NULL && sim_fault(s, "late_query", call->row->path) && sim_now_ns(s) - order->o.own.created_ns < LATE_NS;
  if (as == NULL || late || as->status == BOURSE_ORDER_REJECTED || !is_kept(s, as))
    (void)okx_fail(call, 51603, "Order does not exist");
  else
    okx_add(call, okx_order_json(s, order, as, last_fill(s, order), 0));
}

static void list_orders(okx_call *call, int32_t open, int32_t only_filled, int32_t wants_type) {
  sim *s = call->s;
  const sim_orders *orders = &okx_of(s)->orders;
  const char *type = okx_param(call, "ordType"), *state = okx_param(call, "state");
  okx_page page;
  uint32_t mask;
  if (!okx_chosen(call, &mask, wants_type) || !okx_read_page(call, &page, 100)) return;
  uint64_t after = page.after == UINT64_MAX ? UINT64_MAX : okx_id_number(okx_param(call, "after")),
           before = page.before == 0 ? 0 : okx_id_number(okx_param(call, "before"));
  for (uint32_t i = orders->count; i-- > 0 && page.limit > 0;) {
    const okx_order *order = (const okx_order *)orders->items[i];
    const paper_order *as = sim_order_paper(s, &order->o);
    int64_t created = (order->o.own.created_ns + sim_skew_ns(s)) / OKX_MS;
    if (order->o.account != call->account->account || order->kind != OKX_PLAIN || (mask >> order->o.market & 1) == 0 ||
        bourse__paper_is_open(as) != open || as->status == BOURSE_ORDER_REJECTED || order->o.id >= after ||
        order->o.id <= before || (page.begin >= 0 && created < page.begin) || (page.end >= 0 && created > page.end) ||
        (type != NULL && !sim_is_listed(type, order->type == NULL ? "market" : order->type)) ||
        (state != NULL && strcmp(state, state_of(as)) != 0) || !is_kept(s, as) || (only_filled && as->filled == 0) ||
        (!open && !only_filled && sim_now_ns(s) - as->updated_ns > 7 * OKX_DAY))
      continue;
    okx_add(call, okx_order_json(s, order, as, last_fill(s, order), 0));
    page.limit--;
  }
}

static void run_open(okx_call *call) { list_orders(call, 1, 0, 0); }
static void run_history(okx_call *call) { list_orders(call, 0, 0, 1); }
static void run_archive(okx_call *call) { list_orders(call, 0, 1, 1); }

/* --- Fills --- */

static cJSON *fill_json(sim *s, const paper_fill *fill) {
  const okx_order *order = (const okx_order *)sim_order_of(&okx_of(s)->orders, fill->order_id);
  cJSON *row = cJSON_CreateObject();
  add(row, "instType", okx_type(fill->market));
  add(row, "instId", okx_market(s, fill->market)->about->id);
  add(row, "tradeId", sim_units_text((int64_t)fill->id, 0, 0));
  add(row, "ordId", order == NULL ? "" : okx_id(order->o.id));
  add(row, "clOrdId", order == NULL ? "" : order->o.client_id);
  add(row, "billId", okx_id(fill->id));
  add(row, "subType", fill->side == BOURSE_SIDE_BUY ? "1" : "2");
  add(row, "tag", order == NULL ? "" : order->tag);
  add(row, "fillPx", okx_price(s, fill->market, fill->price));
  add(row, "fillSz", okx_size(s, fill->market, fill->amount));
  add(row, "fillIdxPx", okx_price(s, fill->market, fill->price));
  add(row, "fillPnl", sim_money_text(fill->realized, -1));
  add(row, "fillPxVol", "");
  add(row, "fillPxUsd", "");
  add(row, "fillMarkVol", "");
  add(row, "fillFwdPx", "");
  add(row, "fillMarkPx", okx_is_spot(fill->market) ? "" : okx_price(s, fill->market, okx_mark(s, fill->market)));
  add(row, "side", fill->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  add(row, "posSide", order == NULL ? "net" : order->position[0] != '\0' ? order->position : "net");
  add(row, "execType", fill->role == BOURSE_MAKER ? "M" : "T");
  add(row, "feeCcy", bourse__paper_currency_code(sim_engine(s), fill->fee_currency));
  add(row, "fee", okx_fee(fill->fee));
  add(row, "feeRate", "");
  add(row, "ts", okx_ms(s, fill->time_ns));
  add(row, "fillTime", okx_ms(s, fill->time_ns));
  return row;
}

static void list_fills(okx_call *call, int64_t days, int32_t wants_type) {
  sim *s = call->s;
  const char *id = okx_param(call, "ordId");
  okx_page page;
  uint32_t mask;
  if (!okx_chosen(call, &mask, wants_type) || !okx_read_page(call, &page, 100)) return;
  uint64_t after = page.after == UINT64_MAX ? UINT64_MAX : okx_id_number(okx_param(call, "after")),
           before = page.before == 0 ? 0 : okx_id_number(okx_param(call, "before"));
  const paper_ring *fills = &okx_account(s, call->account->account)->fills;
  for (uint32_t i = fills->count; i-- > 0 && page.limit > 0;) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    const sim_order *order = sim_order_of(&okx_of(s)->orders, fill->order_id);
    int64_t ms = (fill->time_ns + sim_skew_ns(s)) / OKX_MS;
    if ((mask >> fill->market & 1) == 0 || fill->id >= after || fill->id <= before ||
        (page.begin >= 0 && ms < page.begin) || (page.end >= 0 && ms > page.end) ||
        (id != NULL && (order == NULL || order->id != okx_id_number(id))) ||
        sim_now_ns(s) - fill->time_ns > days * OKX_DAY)
      continue;
    okx_add(call, fill_json(s, fill));
    page.limit--;
  }
}

static void run_fills(okx_call *call) { list_fills(call, 3, 0); }
static void run_old_fills(okx_call *call) { list_fills(call, 90, 1); }

#define READ(path_, scope_, limit_, run_) \
  { "GET", "/api/v5/trade/" path_, NULL, OKX_READ, scope_, limit_, 2, 0, 0, run_ }

const okx_row okx_report_rows[] = {
    READ("order", OKX_BY_INSTRUMENT, 60, run_order),
    READ("orders-pending", OKX_BY_USER, 60, run_open),
    READ("orders-history", OKX_BY_USER, 40, run_history),
    READ("orders-history-archive", OKX_BY_USER, 20, run_archive),
    READ("fills", OKX_BY_USER, 60, run_fills),
    READ("fills-history", OKX_BY_USER, 10, run_old_fills),
    {0},
};
