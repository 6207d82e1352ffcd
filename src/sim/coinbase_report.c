/* sim/coinbase_report.c - orders and fills as they are told, and lists of them: "Get Order", "List Orders", "List Fills". */
#include "coinbase.h"

/* --- What an order is --- */

static const char *status_of(const paper_order *order) {
  switch (order->status) {
    case BOURSE_ORDER_OPEN:
    case BOURSE_ORDER_UNTRIGGERED: return "OPEN";
    case BOURSE_ORDER_PENDING: return "PENDING";
    case BOURSE_ORDER_FILLED: return "FILLED";
    case BOURSE_ORDER_EXPIRED:
      if (order->reason == PAPER_EXPIRED) return "EXPIRED";
      return order->filled == 0 && order->reason == PAPER_NO_FUNDS ? "FAILED" : "CANCELLED";
    default: return "CANCELLED";
  }
}

static const char *reason_of(const coinbase_record *record, const paper_order *order) {
  if (record->base.reason != NULL) return record->base.reason;
  switch (order->reason) {
    case PAPER_CANCELED: return "User requested cancel";
    case PAPER_UNFILLED: return "Order was not filled";
    case PAPER_SELF_TRADE: return "Self trade prevention";
    case PAPER_NO_FUNDS: return "Insufficient funds";
    case PAPER_NO_LIQUIDITY: return "No liquidity";
    case PAPER_LIQUIDATED: return "Liquidation";
    default: return "";
  }
}

int32_t coinbase_look(sim *s, coinbase_view *out, const coinbase_record *record, const paper_order *order) {
  const coinbase_record *leg = record->second;
  const paper_order *first = sim_record_order(s, &record->base),
                    *other = leg == NULL ? NULL : sim_record_order(s, &leg->base);
  memset(out, 0, sizeof *out);
  if (order != NULL && leg != NULL && order->id == leg->base.id)
    other = order;
  else if (order != NULL)
    first = order;
  if (first == NULL) return 0;
  /* Of a bracket, the leg that was ended by the other one has nothing to say. */
  const paper_order *main = first;
  if (other != NULL && (!bourse__paper_is_open(first) && (first->reason == PAPER_LIST || other->filled > 0)))
    main = other;
  *out = (coinbase_view){.record = record,
                         .status = status_of(main),
                         .reason = bourse__paper_is_open(main) ? "" : reason_of(record, main),
                         .side = first->side,
                         .type = first->type,
                         .fired = main->fired,
                         .open = bourse__paper_is_open(main),
                         .amount = first->amount,
                         .filled = first->filled,
                         .price = first->price,
                         .trigger = other != NULL ? other->trigger_price : first->trigger_price,
                         .created_ns = first->created_ns,
                         .updated_ns = main->updated_ns,
                         .fills = first->fill_count,
                         .cost = first->cost_filled,
                         .fee = first->fee,
                         .locked = first->locked};
  if (other == NULL) return 1;
  out->filled += other->filled;
  out->fills += other->fill_count;
  out->cost += other->cost_filled;
  out->fee += other->fee;
  out->locked += other->locked;
  return 1;
}

coinbase_record *coinbase_record_named(sim *s, uint32_t account, const char *order_id) {
  coinbase_record *record = sim_record_of(&coinbase_of(s)->records, sim_uuid_number(order_id));
  return record != NULL && record->base.account == account && record->owner == NULL ? record : NULL;
}

/* --- Words --- */

const char *coinbase_time_in_force(const coinbase_view *view) {
  const char *name = view->record->configuration;
  if (name == NULL || strstr(name, "gtc") != NULL) return "GOOD_UNTIL_CANCELLED";
  if (strstr(name, "gtd") != NULL) return "GOOD_UNTIL_DATE_TIME";
  return strstr(name, "fok") != NULL ? "FILL_OR_KILL" : "IMMEDIATE_OR_CANCEL";
}

const char *coinbase_order_type(const coinbase_view *view, int32_t spoken) {
  const char *name = view->record->configuration == NULL ? "limit" : view->record->configuration;
  if (view->record->bracket) return spoken ? "Bracket" : "BRACKET";
  if (strncmp(name, "stop_limit", 10) == 0) return spoken ? "Stop Limit" : "STOP_LIMIT";
  if (strncmp(name, "market", 6) == 0) return spoken ? "Market" : "MARKET";
  return spoken ? "Limit" : "LIMIT";
}

static void add_end(sim *s, cJSON *terms, const coinbase_record *record) {
  char text[SIM_TIME_SIZE];
  if (record->end_ns != 0)
    cJSON_AddStringToObject(terms, "end_time", sim_iso(text, record->end_ns + sim_skew_ns(s), 6));
}

cJSON *coinbase_configuration(sim *s, const coinbase_view *view) {
  const coinbase_record *record = view->record;
  uint32_t market = record->base.market;
  const char *name = record->configuration == NULL ? "limit_limit_gtc" : record->configuration;
  cJSON *json = cJSON_CreateObject(), *terms = cJSON_AddObjectToObject(json, name);
  int32_t stop = strncmp(name, "stop_limit", 10) == 0;
  if (record->quote_size[0] != '\0')
    cJSON_AddStringToObject(terms, "quote_size", record->quote_size);
  else
    cJSON_AddStringToObject(terms, "base_size", coinbase_amount(s, market, view->amount));
  if (view->type == BOURSE_ORDER_LIMIT)
    cJSON_AddStringToObject(terms, "limit_price", coinbase_price(s, market, view->price));
  if (record->bracket) cJSON_AddStringToObject(terms, "stop_trigger_price", coinbase_price(s, market, view->trigger));
  if (stop) {
    cJSON_AddStringToObject(terms, "stop_price", coinbase_price(s, market, view->trigger));
    cJSON_AddStringToObject(
        terms, "stop_direction",
        record->direction == BOURSE_TRIGGER_RISE ? "STOP_DIRECTION_STOP_UP" : "STOP_DIRECTION_STOP_DOWN");
  }
  add_end(s, terms, record);
  if (strncmp(name, "limit_limit_gt", 14) == 0) cJSON_AddBoolToObject(terms, "post_only", record->post_only);
  if (!record->bracket && !stop) cJSON_AddFalseToObject(terms, "rfq_disabled");
  return json;
}

/* --- One order --- */

static const char *percent_done(const coinbase_view *view) {
  if (view->amount == 0) return strcmp(view->status, "FILLED") == 0 ? "100.00" : "0";
  __extension__ typedef __int128 wide;
  return sim_units_text((int64_t)((wide)view->filled * 10000 / view->amount), 2, 2);
}

static void add_edits(sim *s, cJSON *json, const coinbase_record *record) {
  cJSON *list = cJSON_AddArrayToObject(json, "edit_history");
  for (uint32_t i = 0; i < record->edit_count; i++) {
    const coinbase_edit *edit = &record->edits[i];
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "price", coinbase_price(s, record->base.market, edit->price));
    cJSON_AddStringToObject(row, "size", coinbase_amount(s, record->base.market, edit->amount));
    coinbase_add_time(s, row, "replace_accept_timestamp", edit->time_ns);
    cJSON_AddItemToArray(list, row);
  }
}

static void add_sums(sim *s, cJSON *json, const coinbase_view *view) {
  uint32_t market = view->record->base.market;
  paper_money after = view->side == BOURSE_SIDE_BUY ? view->cost + view->fee : view->cost - view->fee;
  int32_t quote = view->record->quote_size[0] != '\0';
  cJSON_AddStringToObject(json, "completion_percentage", percent_done(view));
  cJSON_AddStringToObject(json, "filled_size", coinbase_amount(s, market, view->filled));
  cJSON_AddStringToObject(json, "average_filled_price", coinbase_average(s, market, view->cost, view->filled));
  cJSON_AddStringToObject(json, "fee", "");
  cJSON_AddStringToObject(json, "number_of_fills", sim_units_text(view->fills, 0, 0));
  cJSON_AddStringToObject(json, "filled_value", sim_money_text(view->cost, -1));
  cJSON_AddFalseToObject(json, "pending_cancel");
  cJSON_AddBoolToObject(json, "size_in_quote", quote);
  cJSON_AddStringToObject(json, "total_fees", sim_money_text(view->fee, -1));
  cJSON_AddBoolToObject(json, "size_inclusive_of_fees", quote);
  cJSON_AddStringToObject(json, "total_value_after_fees", sim_money_text(view->filled == 0 ? 0 : after, -1));
}

static const char *trigger_status(const coinbase_view *view) {
  if (view->trigger == 0) return "INVALID_ORDER_TYPE";
  return view->fired ? "STOP_TRIGGERED" : "STOP_PENDING";
}

static cJSON *order_json(sim *s, const coinbase_view *view) {
  const coinbase_record *record = view->record;
  char id[SIM_UUID_SIZE];
  int32_t failed = strcmp(view->status, "FAILED") == 0;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "order_id", sim_uuid(id, record->base.id));
  cJSON_AddStringToObject(json, "product_id", coinbase_rows[record->base.market].id);
  cJSON_AddStringToObject(json, "user_id", sim_uuid(id, 1 + record->base.account));
  cJSON_AddItemToObject(json, "order_configuration", coinbase_configuration(s, view));
  cJSON_AddStringToObject(json, "side", view->side == BOURSE_SIDE_BUY ? "BUY" : "SELL");
  cJSON_AddStringToObject(json, "client_order_id", record->base.client_id);
  cJSON_AddStringToObject(json, "status", view->status);
  cJSON_AddStringToObject(json, "time_in_force", coinbase_time_in_force(view));
  coinbase_add_time(s, json, "created_time", view->created_ns);
  add_sums(s, json, view);
  cJSON_AddStringToObject(json, "trigger_status", trigger_status(view));
  cJSON_AddStringToObject(json, "order_type", coinbase_order_type(view, 0));
  cJSON_AddStringToObject(json, "reject_reason",
                          failed ? "REJECT_REASON_INSUFFICIENT_FUNDS" : "REJECT_REASON_UNSPECIFIED");
  cJSON_AddBoolToObject(json, "settled", !view->open && view->filled > 0);
  cJSON_AddStringToObject(json, "product_type", coinbase_is_future(record->base.market) ? "FUTURE" : "SPOT");
  cJSON_AddStringToObject(json, "reject_message", failed ? view->reason : "");
  cJSON_AddStringToObject(json, "cancel_message", failed ? "" : view->reason);
  cJSON_AddStringToObject(json, "order_placement_source", "RETAIL_ADVANCED");
  cJSON_AddStringToObject(json, "outstanding_hold_amount", sim_money_text(view->locked, -1));
  cJSON_AddFalseToObject(json, "is_liquidation");
  coinbase_add_time(s, json, "last_fill_time", record->last_fill_ns);
  add_edits(s, json, record);
  cJSON_AddStringToObject(json, "leverage", "");
  cJSON_AddStringToObject(json, "margin_type", "UNKNOWN_MARGIN_TYPE");
  cJSON_AddStringToObject(json, "retail_portfolio_id", sim_uuid(id, 1 + record->base.account));
  cJSON_AddStringToObject(json, "originating_order_id", record->parent == 0 ? "" : sim_uuid(id, record->parent));
  cJSON_AddStringToObject(json, "attached_order_id", record->attached == 0 ? "" : sim_uuid(id, record->attached));
  cJSON_AddNullToObject(json, "attached_order_configuration");
  coinbase_add_time(s, json, "last_update_time", view->updated_ns);
  return json;
}

void coinbase_run_order(coinbase_call *call) {
  const coinbase_record *record = coinbase_record_named(call->s, call->account->account, call->parts[0]);
  coinbase_view view;
  if (record == NULL || !coinbase_look(call->s, &view, record, NULL)) {
    (void)coinbase_fail(call, 404, "NOT_FOUND", "order with this orderID was not found");
    return;
  }
  cJSON *json = cJSON_CreateObject();
  cJSON_AddItemToObject(json, "order", order_json(call->s, &view));
  coinbase_answer(call, json);
}

/* --- Lists --- */

#define LIST_MAX 1000

/* Time span of two parameters, by the engine's clock; the end is not in it. 0: failed. */
static int32_t read_span(coinbase_call *call, const char *from_name, const char *to_name, int64_t *from, int64_t *to) {
  const char *start = coinbase_query(call, from_name), *end = coinbase_query(call, to_name);
  *from = start == NULL ? 0 : sim_iso_read(start);
  *to = end == NULL ? INT64_MAX : sim_iso_read(end);
  if (*from < 0 || *to < 0) return coinbase_fail(call, 400, "INVALID_ARGUMENT", "parsing time: not RFC 3339");
  *from -= sim_skew_ns(call->s);
  if (end != NULL) *to -= sim_skew_ns(call->s);
  return 1;
}

/* Of orders newer than the cursor nothing more is told. */
static uint64_t read_cursor(const coinbase_call *call) {
  const char *text = coinbase_query(call, "cursor");
  return text == NULL ? UINT64_MAX : strtoull(text, NULL, 10);
}

static int32_t is_wanted(const coinbase_call *call, const coinbase_view *view) {
  char id[SIM_UUID_SIZE];
  const char *product = coinbase_rows[view->record->base.market].id,
             *type = coinbase_is_future(view->record->base.market) ? "FUTURE" : "SPOT";
  return coinbase_wants(call, "order_ids", sim_uuid(id, view->record->base.id)) &&
         coinbase_wants(call, "product_ids", product) && coinbase_wants(call, "product_id", product) &&
         coinbase_wants(call, "product_type", type) && coinbase_wants(call, "order_status", view->status) &&
         coinbase_wants(call, "time_in_forces", coinbase_time_in_force(view)) &&
         coinbase_wants(call, "order_types", coinbase_order_type(view, 0)) &&
         coinbase_wants(call, "order_side", view->side == BOURSE_SIDE_BUY ? "BUY" : "SELL") &&
         coinbase_wants(call, "order_placement_source", "RETAIL_ADVANCED");
}

/* "OPEN" stands alone. */
static int32_t is_mixed(const coinbase_call *call) {
  int32_t open = 0, other = 0;
  for (uint32_t i = 0; i < sim_param_count(call->request); i++) {
    if (strcmp(sim_param_name(call->request, i), "order_status") != 0) continue;
    int32_t is_open = strcmp(sim_param_value(call->request, i), "OPEN") == 0;
    open |= is_open;
    other |= !is_open;
  }
  return open && other;
}

void coinbase_run_history(coinbase_call *call) {
  const sim_records *records = &coinbase_of(call->s)->records;
  int64_t from, to, limit = coinbase_whole(call, "limit", LIST_MAX), count = 0;
  uint64_t before = read_cursor(call), last = 0;
  int32_t more = 0;
  if (!read_span(call, "start_date", "end_date", &from, &to)) return;
  if (is_mixed(call) || limit < 0 || limit > LIST_MAX) {
    (void)coinbase_fail(call, 400, "INVALID_ARGUMENT",
                        is_mixed(call) ? "cannot query OPEN orders with other order types" : "limit is invalid");
    return;
  }
  if (limit == 0) limit = LIST_MAX;
  cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "orders");
  for (uint32_t i = records->count; i-- > 0 && !more;) {
    const coinbase_record *record = (const coinbase_record *)records->items[i];
    coinbase_view view;
    if (i >= before || record->base.account != call->account->account || record->owner != NULL ||
        record->base.id == 0 || !coinbase_look(call->s, &view, record, NULL) || view.created_ns < from ||
        view.created_ns >= to || !is_wanted(call, &view))
      continue;
    more = count == limit;
    if (more) break;
    cJSON_AddItemToArray(list, order_json(call->s, &view));
    last = i;
    count++;
  }
  cJSON_AddStringToObject(json, "sequence", "0");
  cJSON_AddBoolToObject(json, "has_next", more);
  cJSON_AddStringToObject(json, "cursor", more ? sim_units_text((int64_t)last, 0, 0) : "");
  cJSON_AddFalseToObject(json, "proof_token_required");
  coinbase_answer(call, json);
}

/* --- Fills --- */

uint64_t coinbase_fill_number(const paper_fill *fill) { return fill->id * 2 + (fill->side == BOURSE_SIDE_SELL); }

/* The order that a fill is told under: of a bracket's legs the bracket. NULL: forgotten. */
static const coinbase_record *owner_of(sim *s, const paper_fill *fill) {
  const coinbase_record *record = sim_record_of(&coinbase_of(s)->records, fill->order_id);
  return record != NULL && record->owner != NULL ? record->owner : record;
}

static cJSON *fill_json(sim *s, const paper_fill *fill, const coinbase_record *record) {
  char id[SIM_UUID_SIZE];
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "entry_id", sim_uuid(id, coinbase_fill_number(fill) ^ UINT64_C(1) << 50));
  cJSON_AddStringToObject(json, "trade_id", sim_uuid(id, coinbase_fill_number(fill)));
  cJSON_AddStringToObject(json, "order_id", sim_uuid(id, record->base.id));
  coinbase_add_time(s, json, "trade_time", fill->time_ns);
  cJSON_AddStringToObject(json, "trade_type", "FILL");
  cJSON_AddStringToObject(json, "price", coinbase_price(s, fill->market, fill->price));
  cJSON_AddStringToObject(json, "size", coinbase_amount(s, fill->market, fill->amount));
  cJSON_AddStringToObject(json, "commission", sim_money_text(fill->fee, -1));
  cJSON_AddStringToObject(json, "product_id", coinbase_rows[fill->market].id);
  coinbase_add_time(s, json, "sequence_timestamp", fill->time_ns);
  cJSON_AddStringToObject(json, "liquidity_indicator", fill->role == BOURSE_MAKER ? "MAKER" : "TAKER");
  cJSON_AddFalseToObject(json, "size_in_quote");
  cJSON_AddStringToObject(json, "user_id", sim_uuid(id, 1 + fill->account));
  cJSON_AddStringToObject(json, "side", fill->side == BOURSE_SIDE_BUY ? "BUY" : "SELL");
  cJSON_AddStringToObject(json, "retail_portfolio_id", sim_uuid(id, 1 + fill->account));
  return json;
}

#define FILLS_USUAL 100

void coinbase_run_fills(coinbase_call *call) {
  sim *s = call->s;
  const paper_ring *fills = &coinbase_paper_account(s, call->account->account)->fills;
  int64_t from, to, limit = coinbase_whole(call, "limit", FILLS_USUAL), count = 0;
  uint64_t before = read_cursor(call), last = 0;
  char id[SIM_UUID_SIZE];
  int32_t more = 0;
  if (!read_span(call, "start_sequence_timestamp", "end_sequence_timestamp", &from, &to)) return;
  if (limit <= 0 || limit > LIST_MAX) limit = limit <= 0 ? FILLS_USUAL : LIST_MAX;
  cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "fills");
  for (uint32_t i = fills->count; i-- > 0 && !more;) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    const coinbase_record *record = owner_of(s, fill);
    const char *product = coinbase_rows[fill->market].id;
    if (i >= before || record == NULL || fill->time_ns < from || fill->time_ns >= to ||
        !coinbase_wants(call, "order_ids", sim_uuid(id, record->base.id)) ||
        !coinbase_wants(call, "order_id", sim_uuid(id, record->base.id)) ||
        !coinbase_wants(call, "trade_ids", sim_uuid(id, coinbase_fill_number(fill))) ||
        !coinbase_wants(call, "product_ids", product) || !coinbase_wants(call, "product_id", product) ||
        !coinbase_wants(call, "product_types", coinbase_is_future(fill->market) ? "FUTURE" : "SPOT"))
      continue;
    more = count == limit;
    if (more) break;
    cJSON_AddItemToArray(list, fill_json(s, fill, record));
    last = i;
    count++;
  }
  cJSON_AddStringToObject(json, "cursor", more ? sim_units_text((int64_t)last, 0, 0) : "");
  coinbase_answer(call, json);
}
