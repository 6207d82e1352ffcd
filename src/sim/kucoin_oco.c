/* sim/kucoin_oco.c - pairs of which one cancels the other: "OCO" of the documents. The pair has an id of its own; its two
 * orders are told of by it alone. */
#include "kucoin.h"

static const paper_order *leg_of(sim *s, const kucoin_record *record, int32_t second) {
  return sim_record_order(s, second ? &record->second->base : &record->base);
}

static const char *status_of(sim *s, const kucoin_record *record) {
  const paper_order *limit = leg_of(s, record, 0), *stop = leg_of(s, record, 1);
  if ((limit != NULL && limit->status == BOURSE_ORDER_FILLED) || (stop != NULL && stop->status == BOURSE_ORDER_FILLED))
    return "DONE";
  if (stop != NULL && stop->fired && bourse__paper_is_open(stop)) return "TRIGGERED";
  int32_t open = (limit != NULL && bourse__paper_is_open(limit)) || (stop != NULL && bourse__paper_is_open(stop));
  return open ? "NEW" : "CANCELLED";
}

static kucoin_record *pair_named(kucoin_call *call, const char *id, const char *client_id, int32_t open) {
  kucoin_record *record = id != NULL ? kucoin_record_named(call->s, call->account->account, id, &(uint32_t){0})
                                     : kucoin_by_client(call->s, call->account->account, client_id, -1, 0);
  if (record != NULL && record->kind == KUCOIN_OCO && record->second != NULL) {
    const char *status = status_of(call->s, record);
    if (!open || strcmp(status, "NEW") == 0 || strcmp(status, "TRIGGERED") == 0) return record;
  }
  (void)kucoin_fail(call, "400100", open ? "order_not_exist_or_not_allow_to_cancel" : "The order does not exist.");
  return NULL;
}

static int32_t read_positive(bourse_decimal *out, const cJSON *body, const char *name) {
  const char *text = kucoin_member(body, name);
  return text != NULL && sim_decimal(out, text) && bourse_decimal_sign(out) > 0;
}

static int32_t read_pair(kucoin_call *call, bourse_order_request both[2]) {
  const char *side = kucoin_member(call->body, "side");
  for (int32_t i = 0; i < 2; i++) {
    (void)bourse_order_request_init(&both[i], sizeof both[i]);
    both[i].side = side != NULL && strcmp(side, "buy") == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
    both[i].type = BOURSE_ORDER_LIMIT;
    if (!read_positive(&both[i].amount, call->body, "size"))
      return kucoin_fail(call, "400100", "The size is required.");
  }
  if (side == NULL || !read_positive(&both[0].price, call->body, "price") ||
      !read_positive(&both[1].stop_loss_price, call->body, "stopPrice") ||
      !read_positive(&both[1].price, call->body, "limitPrice"))
    return kucoin_fail(call, "400100", "The side, the price, the stopPrice and the limitPrice are required.");
  return 1;
}

static void run_place(kucoin_call *call) {
  sim *s = call->s;
  sim_records *records = &kucoin_of(s)->records;
  bourse_order_request both[2];
  const bourse_order_request *const requests[2] = {&both[0], &both[1]};
  const char *client_id = kucoin_param(call, "clientOid");
  char engine_id[PAPER_CLIENT_ID_SIZE], id[KUCOIN_ID_SIZE];
  paper_list *list = NULL;
  int32_t market = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  if (market < 0 || !kucoin_may_use_client_id(call, client_id, 1, 0) || !read_pair(call, both)) return;
  kucoin_record *record = sim_record_new(records, call->account->account, (uint32_t)market);
  record->kind = KUCOIN_OCO;
  record->stop = record->stop_type = record->self_trade = "";
  sim_record_name(records, &record->base, client_id);
  both[0].client_order_id = sim_engine_client_id(engine_id, "", client_id);
  records->placing = &record->base;
  int32_t code =
      sim_submit_list(s, &list, record->base.account, record->base.market, BOURSE_LIST_OCO, requests, 2, NULL);
  records->placing = NULL;
  if (code != BOURSE_OK) {
    sim_record_drop(records, &record->base);
    (void)kucoin_refused(call, (uint32_t)market);
    return;
  }
  if (record->base.id == 0 && list->orders[0] != NULL) sim_record_bind(records, &record->base, list->orders[0]->id);
  kucoin_record *second = sim_record_for(s, records, list->orders[1]->id, record->base.account, record->base.market);
  second->kind = KUCOIN_OCO;
  second->owner = record;
  record->second = second;
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "orderId", kucoin_now_id(id, record));
}

static cJSON *pair_json(sim *s, const kucoin_record *record) {
  char id[KUCOIN_ID_SIZE];
  const paper_order *order = leg_of(s, record, 0);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "orderId", kucoin_now_id(id, record));
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[record->base.market].id);
  cJSON_AddStringToObject(json, "clientOid", record->base.client_id);
  kucoin_add_ms(s, json, "orderTime", order == NULL ? 0 : order->created_ns);
  cJSON_AddStringToObject(json, "status", status_of(s, record));
  return json;
}

static void run_pair(kucoin_call *call) {
  const kucoin_record *record = pair_named(call, call->parts[0], NULL, 0);
  if (record != NULL) call->data = pair_json(call->s, record);
}

static void run_client_pair(kucoin_call *call) {
  const kucoin_record *record = pair_named(call, NULL, call->parts[0], 0);
  if (record != NULL) call->data = pair_json(call->s, record);
}

/* With its two orders. */
static void run_details(kucoin_call *call) {
  const kucoin_record *record = pair_named(call, call->parts[0], NULL, 0);
  cJSON *list;
  if (record == NULL) return;
  call->data = pair_json(call->s, record);
  list = cJSON_AddArrayToObject(call->data, "orders");
  for (int32_t i = 0; i < 2; i++) {
    const kucoin_record *leg = i == 0 ? record : record->second;
    const paper_order *order = leg_of(call->s, record, i);
    char id[KUCOIN_ID_SIZE];
    if (order == NULL) continue;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "id", kucoin_now_id(id, leg));
    cJSON_AddStringToObject(row, "symbol", kucoin_rows[order->market].id);
    cJSON_AddStringToObject(row, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
    cJSON_AddStringToObject(row, "price", kucoin_price(call->s, order->market, order->price));
    cJSON_AddStringToObject(row, "stopPrice", kucoin_price(call->s, order->market, order->trigger_price));
    cJSON_AddStringToObject(row, "size", kucoin_amount(call->s, order->market, order->amount));
    cJSON_AddStringToObject(row, "status",
                            order->status == BOURSE_ORDER_FILLED        ? "DONE"
                            : !bourse__paper_is_open(order)             ? "CANCELLED"
                            : order->trigger_price != 0 && order->fired ? "TRIGGERED"
                                                                        : "NEW");
    cJSON_AddItemToArray(list, row);
  }
}

static void run_pairs(kucoin_call *call) {
  const sim_records *records = &kucoin_of(call->s)->records;
  const char *symbol = kucoin_param(call, "symbol");
  int32_t market = symbol == NULL ? -1 : kucoin_spot_market(call, symbol);
  if (symbol != NULL && market < 0) return;
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = records->count; i-- > 0;) {
    const kucoin_record *record = (const kucoin_record *)records->items[i];
    if (record->base.account == call->account->account && record->kind == KUCOIN_OCO && record->second != NULL &&
        (market < 0 || record->base.market == (uint32_t)market))
      cJSON_AddItemToArray(list, pair_json(call->s, record));
  }
  kucoin_page(call, list, 50);
}

static void cancel_pair(sim *s, const kucoin_record *record, cJSON *ids) {
  char id[KUCOIN_ID_SIZE];
  paper_order *order = sim_record_order(s, &record->base);
  if (order == NULL || !bourse__paper_is_open(order)) order = sim_record_order(s, &record->second->base);
  (void)sim_cancel(s, order);
  cJSON_AddItemToArray(ids, cJSON_CreateString(kucoin_now_id(id, record)));
  cJSON_AddItemToArray(ids, cJSON_CreateString(kucoin_now_id(id, record->second)));
}

static void run_cancel(kucoin_call *call) {
  int32_t by_client = strstr(call->request->path, "/client-order/") != NULL;
  const kucoin_record *record = pair_named(call, by_client ? NULL : call->parts[0], call->parts[0], 1);
  if (record == NULL) return;
  call->data = cJSON_CreateObject();
  cancel_pair(call->s, record, cJSON_AddArrayToObject(call->data, "cancelledOrderIds"));
}

static void run_cancel_many(kucoin_call *call) {
  const sim_records *records = &kucoin_of(call->s)->records;
  const char *symbol = kucoin_param(call, "symbol"), *ids = kucoin_param(call, "orderIds");
  char id[KUCOIN_ID_SIZE];
  cJSON *list;
  call->data = cJSON_CreateObject();
  list = cJSON_AddArrayToObject(call->data, "cancelledOrderIds");
  for (uint32_t i = 0; i < records->count; i++) {
    const kucoin_record *record = (const kucoin_record *)records->items[i];
    if (record->base.account != call->account->account || record->kind != KUCOIN_OCO || record->second == NULL)
      continue;
    const char *status = status_of(call->s, record);
    if ((strcmp(status, "NEW") != 0 && strcmp(status, "TRIGGERED") != 0) ||
        (symbol != NULL && strcmp(symbol, kucoin_rows[record->base.market].id) != 0) ||
        (ids != NULL && strstr(ids, kucoin_now_id(id, record)) == NULL))
      continue;
    cancel_pair(call->s, record, list);
  }
}

#define OCO "/api/v3/oco"

const kucoin_row kucoin_oco_rows[] = {
    {"POST", OCO "/order", KUCOIN_TRADE, POOL_SPOT, 2, run_place},
    {"GET", OCO "/order/details/*", KUCOIN_VIEW, POOL_SPOT, 2, run_details},
    {"GET", OCO "/order/*", KUCOIN_VIEW, POOL_SPOT, 2, run_pair},
    {"GET", OCO "/client-order/*", KUCOIN_VIEW, POOL_SPOT, 2, run_client_pair},
    {"GET", OCO "/orders", KUCOIN_VIEW, POOL_SPOT, 2, run_pairs},
    {"DELETE", OCO "/order/*", KUCOIN_TRADE, POOL_SPOT, 3, run_cancel},
    {"DELETE", OCO "/client-order/*", KUCOIN_TRADE, POOL_SPOT, 3, run_cancel},
    {"DELETE", OCO "/orders", KUCOIN_TRADE, POOL_SPOT, 3, run_cancel_many},
    {NULL, NULL, 0, 0, 0, NULL},
};
