/* sim/coinbase_user.c - the private channels: own orders ("user"), and what the futures account has. There are no messages of
 * fills: an order tells how much of it is filled by now. */
#include "coinbase.h"

#define BATCH 50

static cJSON *order_json(sim *s, const coinbase_view *view, const char *status) {
  const coinbase_record *record = view->record;
  uint32_t market = record->base.market;
  char id[SIM_UUID_SIZE], time[SIM_TIME_SIZE];
  paper_money after = view->side == BOURSE_SIDE_BUY ? view->cost + view->fee : view->cost - view->fee;
  int64_t leaves = view->amount > view->filled && view->open ? view->amount - view->filled : 0;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "avg_price", coinbase_average(s, market, view->cost, view->filled));
  cJSON_AddStringToObject(json, "cancel_reason", strcmp(status, "FAILED") == 0 ? "" : view->reason);
  cJSON_AddStringToObject(json, "client_order_id", record->base.client_id);
  cJSON_AddStringToObject(json, "completion_percentage",
                          view->amount == 0 ? "0" : sim_units_text(view->filled * 100 / view->amount, 0, 0));
  cJSON_AddStringToObject(json, "contract_expiry_type",
                          coinbase_is_future(market) ? "EXPIRING" : "UNKNOWN_CONTRACT_EXPIRY_TYPE");
  cJSON_AddStringToObject(json, "cumulative_quantity", coinbase_amount(s, market, view->filled));
  cJSON_AddStringToObject(json, "filled_value", sim_money_text(view->cost, -1));
  cJSON_AddStringToObject(json, "leaves_quantity", coinbase_amount(s, market, leaves));
  cJSON_AddStringToObject(json, "limit_price",
                          view->type == BOURSE_ORDER_LIMIT ? coinbase_price(s, market, view->price) : "0");
  cJSON_AddStringToObject(json, "number_of_fills", sim_units_text(view->fills, 0, 0));
  cJSON_AddStringToObject(json, "order_id", sim_uuid(id, record->base.id));
  cJSON_AddStringToObject(json, "order_side", view->side == BOURSE_SIDE_BUY ? "BUY" : "SELL");
  cJSON_AddStringToObject(json, "order_type", coinbase_order_type(view, 1));
  cJSON_AddStringToObject(json, "outstanding_hold_amount", sim_money_text(view->locked, -1));
  cJSON_AddStringToObject(json, "post_only", record->post_only ? "true" : "false");
  cJSON_AddStringToObject(json, "product_id", coinbase_rows[market].id);
  cJSON_AddStringToObject(json, "product_type", coinbase_is_future(market) ? "FUTURE" : "SPOT");
  cJSON_AddStringToObject(json, "reject_reason", strcmp(status, "FAILED") == 0 ? view->reason : "");
  cJSON_AddStringToObject(json, "retail_portfolio_id", sim_uuid(id, 1 + record->base.account));
  cJSON_AddStringToObject(json, "risk_managed_by",
                          coinbase_is_future(market) ? "MANAGED_BY_FCM" : "UNKNOWN_RISK_MANAGEMENT_TYPE");
  cJSON_AddStringToObject(json, "status", status);
  cJSON_AddStringToObject(json, "stop_price", view->trigger == 0 ? "" : coinbase_price(s, market, view->trigger));
  cJSON_AddStringToObject(json, "time_in_force", coinbase_time_in_force(view));
  cJSON_AddStringToObject(json, "total_fees", sim_money_text(view->fee, -1));
  cJSON_AddStringToObject(json, "total_value_after_fees", sim_money_text(view->filled == 0 ? 0 : after, -1));
  cJSON_AddStringToObject(json, "trigger_status",
                          view->trigger == 0 ? "INVALID_ORDER_TYPE"
                          : view->fired      ? "STOP_TRIGGERED"
                                             : "STOP_PENDING");
  coinbase_add_time(s, json, "creation_time", view->created_ns);
  cJSON_AddStringToObject(
      json, "end_time",
      record->end_ns == 0 ? "0001-01-01T00:00:00Z" : sim_iso(time, record->end_ns + sim_skew_ns(s), 6));
  cJSON_AddStringToObject(json, "start_time", "0001-01-01T00:00:00Z");
  return json;
}

static int32_t hears(const coinbase_socket *socket, uint32_t account, uint32_t market) {
  return socket->account != NULL && socket->account->account == account &&
         ((socket->everywhere | socket->on[market]) & ON_USER) != 0;
}

static void tell(sim *s, const coinbase_view *view, const char *status) {
  uint32_t account = view->record->base.account, market = view->record->base.market;
  for (sim_connection *c = sim_next_socket(s, NULL); c != NULL; c = sim_next_socket(s, c)) {
    if (!hears(sim_connection_state(c), account, market)) continue;
    cJSON *event, *events = coinbase_events("update", &event);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(event, "orders"), order_json(s, view, status));
    coinbase_push(s, c, "user", events);
  }
}

/* --- The first state --- */

static void add_positions(sim *s, cJSON *event, uint32_t account) {
  cJSON *all = cJSON_AddObjectToObject(event, "positions"), *list;
  cJSON_AddArrayToObject(all, "perpetual_futures_positions");
  list = cJSON_AddArrayToObject(all, "expiring_futures_positions");
  for (uint32_t m = COINBASE_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
    const paper_market *market = coinbase_market(s, m);
    const paper_holding *holding = &coinbase_paper_account(s, account)->holdings[m];
    int32_t slot = holding->slots[PAPER_LONG].size > 0 ? PAPER_LONG : PAPER_SHORT;
    const paper_position *position = &holding->slots[slot];
    if (position->size == 0) continue;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "product_id", coinbase_rows[m].id);
    cJSON_AddStringToObject(row, "side", slot == PAPER_LONG ? "Long" : "Short");
    cJSON_AddStringToObject(row, "number_of_contracts", coinbase_amount(s, m, position->size));
    cJSON_AddStringToObject(row, "realized_pnl", sim_money_text(position->realized, -1));
    cJSON_AddStringToObject(row, "unrealized_pnl",
                            sim_money_text(bourse__paper_unrealized(market, position, slot), -1));
    cJSON_AddStringToObject(row, "entry_price", coinbase_average(s, m, position->entry_cost, position->size));
    cJSON_AddItemToArray(list, row);
  }
}

/* Open orders in batches; one that is not full is the last. */
void coinbase_user_snapshot(sim *s, sim_connection *connection) {
  const coinbase_socket *socket = sim_connection_state(connection);
  const sim_records *records = &coinbase_of(s)->records;
  uint32_t i = records->count, account = socket->account->account;
  int32_t count;
  do {
    cJSON *event, *events = coinbase_events("snapshot", &event), *list = cJSON_AddArrayToObject(event, "orders");
    for (count = 0; i > 0 && count < BATCH;) {
      const coinbase_record *record = (const coinbase_record *)records->items[--i];
      coinbase_view view;
      if (!hears(socket, record->base.account, record->base.market) || record->owner != NULL || record->base.id == 0 ||
          !coinbase_look(s, &view, record, NULL) || !view.open)
        continue;
      cJSON_AddItemToArray(list, order_json(s, &view, view.status));
      count++;
    }
    add_positions(s, event, account);
    coinbase_push(s, connection, "user", events);
  } while (count == BATCH);
}

void coinbase_futures_push(sim *s, sim_connection *connection, const char *type) {
  const coinbase_socket *socket = sim_connection_state(connection);
  cJSON *event, *events = coinbase_events(type, &event);
  cJSON_AddItemToObject(event, "fcm_balance_summary", coinbase_summary(s, socket->account->account, 1));
  coinbase_push(s, connection, "futures_balance_summary", events);
}

/* --- Events --- */

void coinbase_user_order(sim *s, const paper_order *order) {
  sim_records *records = &coinbase_of(s)->records;
  int32_t lived = order->status != BOURSE_ORDER_CANCELED || order->filled > 0;
  coinbase_record *record = sim_record_of(records, order->id);
  coinbase_view view;
  if (record == NULL && !lived) return; /* what never lived is not told of */
  if (record == NULL) record = sim_record_for(s, records, order->id, order->account, order->market);
  if (record->owner != NULL) {
    /* Of the leg that the other one ended there is nothing to say. */
    if (order->reason == PAPER_LIST) return;
    record = record->owner;
  } else if (order->reason == PAPER_LIST && record->second != NULL) {
    return;
  }
  if (record->configuration == NULL && records->placing != &record->base) return; /* a leg that is not joined yet */
  if (!coinbase_look(s, &view, record, order)) return;
  if (!record->told) {
    coinbase_view birth = view;
    birth.filled = 0;
    birth.fills = 0;
    birth.cost = birth.fee = 0;
    birth.open = 1;
    birth.reason = "";
    tell(s, &birth, "PENDING");
  }
  record->told = 1;
  if (strcmp(view.status, "PENDING") != 0) tell(s, &view, view.status);
}

void coinbase_user_event(sim *s, const paper_event *event) {
  coinbase_state *state = coinbase_of(s);
  if (event->kind == PAPER_EVENT_ORDER) coinbase_user_order(s, &event->u.order);
  if (event->kind == PAPER_EVENT_FILL) {
    coinbase_record *record = sim_record_for(s, &state->records, event->u.fill.order_id, event->account, event->market);
    if (record->owner != NULL) record = record->owner;
    record->last_fill_ns = event->u.fill.time_ns;
  }
  if (event->kind == PAPER_EVENT_BALANCE && event->u.balance.wallet == 1 && event->account != UINT32_MAX) {
    state->futures_moved[event->account % COINBASE_ACCOUNTS] = 1;
    state->any_moved = 1;
  }
}
