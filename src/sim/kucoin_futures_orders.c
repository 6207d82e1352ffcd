/* sim/kucoin_futures_orders.c - orders of futures: "Futures Trading: Orders". Sizes are lots; what is not a number there is a
 * string, what is money mostly one too. */
#include "kucoin.h"

#define FIRST      KUCOIN_SPOT_MARKETS
#define BATCH_MAX  20
#define CANCEL_MAX 10

/* --- Reading --- */

/* Lots, coins, or dollars at the price: exactly one of them. */
static int32_t read_size(kucoin_call *call, const cJSON *terms, uint32_t market, bourse_order_request *request) {
  const char *lots = kucoin_member(terms, "size"), *coins = kucoin_member(terms, "qty"),
             *value = kucoin_member(terms, "valueQty");
  bourse_decimal number;
  const bourse_decimal *step = &kucoin_rows[market].step;
  if ((lots != NULL) + (coins != NULL) + (value != NULL) != 1)
    return kucoin_fail(call, "100001", "One of size, qty and valueQty is required.");
  if (!sim_decimal(&number, lots != NULL ? lots : coins != NULL ? coins : value) || bourse_decimal_sign(&number) <= 0)
    return kucoin_fail(call, "100001", "The quantity is invalid.");
  if (value != NULL) {
    const paper_market *m = kucoin_market(call->s, market);
    bourse_decimal price =
        bourse_decimal_is_present(&request->price) ? request->price : bourse__paper_decimal(m->last, m->price_scale);
    if (bourse_decimal_div(&number, &number, &price, 12, BOURSE_ROUND_DOWN) != BOURSE_OK ||
        bourse_decimal_round_to_step(&number, &number, step, BOURSE_ROUND_DOWN) != BOURSE_OK ||
        bourse_decimal_sign(&number) <= 0)
      return kucoin_fail(call, "100001", "The quantity is below the minimum requirement.");
  }
  if (lots != NULL && bourse_decimal_mul(&number, &number, step) != BOURSE_OK)
    return kucoin_fail(call, "100001", "The quantity is invalid.");
  request->amount = number;
  return 1;
}

static int32_t read_stop(kucoin_call *call, const cJSON *terms, bourse_order_request *request, kucoin_record *record) {
  static const struct {
    const char *name;
    int32_t by;
  } prices[] = {{"TP", BOURSE_PRICE_LAST}, {"MP", BOURSE_PRICE_MARK}, {"IP", BOURSE_PRICE_INDEX}};
  const char *stop = kucoin_member(terms, "stop"), *price = kucoin_member(terms, "stopPrice"),
             *type = kucoin_member(terms, "stopPriceType");
  record->stop = record->stop_type = "";
  if (stop == NULL && price == NULL) return 1;
  for (size_t i = 0; i < 3; i++)
    if (type != NULL && strcmp(type, prices[i].name) == 0) {
      request->trigger_by = prices[i].by;
      record->stop_type = prices[i].name;
    }
  int32_t up = stop != NULL && strcmp(stop, "up") == 0, down = stop != NULL && strcmp(stop, "down") == 0;
  if (up + down != 1 || record->stop_type[0] == '\0' || price == NULL || !sim_decimal(&request->trigger_price, price))
    return kucoin_fail(call, "100001", "The stop, the stopPrice and the stopPriceType are required.");
  request->trigger_direction = up ? BOURSE_TRIGGER_RISE : BOURSE_TRIGGER_FALL;
  record->stop = up ? "up" : "down";
  record->kind = KUCOIN_STOP;
  return 1;
}

/* Those that come with the position. */
static int32_t read_attached(kucoin_call *call, const cJSON *terms, bourse_order_request *request) {
  const char *up = kucoin_member(terms, "triggerStopUpPrice"), *down = kucoin_member(terms, "triggerStopDownPrice");
  int32_t buys = request->side == BOURSE_SIDE_BUY;
  bourse_decimal *above = buys ? &request->attached_take_profit_trigger : &request->attached_stop_loss_trigger,
                 *below = buys ? &request->attached_stop_loss_trigger : &request->attached_take_profit_trigger;
  if ((up != NULL && !sim_decimal(above, up)) || (down != NULL && !sim_decimal(below, down)))
    return kucoin_fail(call, "100001", "The trigger price is invalid.");
  return 1;
}

static int32_t read_position(kucoin_call *call, const cJSON *terms, bourse_order_request *request,
                             kucoin_record *record) {
  const char *side = kucoin_member(terms, "positionSide"), *mode = kucoin_member(terms, "marginMode"),
             *leverage = kucoin_member(terms, "leverage");
  uint32_t market = record->base.market, account = record->base.account;
  const paper_account *paper = kucoin_paper_account(call->s, account);
  const paper_holding *holding = &paper->holdings[market];
  int32_t isolated = mode == NULL || strcmp(mode, "ISOLATED") == 0;
  if (side != NULL && strcmp(side, "LONG") == 0) request->position_side = BOURSE_POSITION_LONG;
  if (side != NULL && strcmp(side, "SHORT") == 0) request->position_side = BOURSE_POSITION_SHORT;
  if (paper->hedged != (request->position_side != 0))
    return kucoin_fail(call, paper->hedged ? "330011" : "330012",
                       paper->hedged ? "Your account is in Hedge Mode; the positionSide has to be LONG or SHORT."
                                     : "Your account is in One-Way Mode; the positionSide has to be BOTH.");
  if (isolated != holding->isolated)
    return kucoin_fail(call, "330005",
                       "The order's margin mode does not match the selected one. Please switch and try again.");
  record->isolated = isolated;
  record->leverage = leverage == NULL ? holding->leverage : (int32_t)strtol(leverage, NULL, 10);
  if (!isolated || leverage == NULL || record->leverage == holding->leverage || request->reduce_only > 0 ||
      request->close_position > 0)
    return 1;
  if (bourse__paper_set_leverage(sim_engine(call->s), account, market, record->leverage) == BOURSE_OK) return 1;
  return kucoin_fail(call, "100001", "The leverage is invalid.");
}

static int32_t read_terms(kucoin_call *call, const cJSON *terms, bourse_order_request *request, kucoin_record *record) {
  const char *side = kucoin_member(terms, "side"), *type = kucoin_member(terms, "type"),
             *force = kucoin_member(terms, "timeInForce"), *price = kucoin_member(terms, "price"),
             *remark = kucoin_member(terms, "remark"), *stp = kucoin_member(terms, "stp");
  uint32_t market = record->base.market;
  const paper_holding *holding = &kucoin_paper_account(call->s, record->base.account)->holdings[market];
  record->close = kucoin_is_true(terms, "closeOrder");
  record->reduce_only = kucoin_is_true(terms, "reduceOnly") || record->close;
  if (side == NULL && record->close) side = holding->slots[PAPER_LONG].size > 0 ? "sell" : "buy";
  request->side = side == NULL                ? 0
                  : strcmp(side, "buy") == 0  ? BOURSE_SIDE_BUY
                  : strcmp(side, "sell") == 0 ? BOURSE_SIDE_SELL
                                              : 0;
  if (request->side == 0) return kucoin_fail(call, "100001", "The side is invalid.");
  request->type = type != NULL && strcmp(type, "market") == 0 ? BOURSE_ORDER_MARKET : BOURSE_ORDER_LIMIT;
  if (request->type == BOURSE_ORDER_LIMIT &&
      (price == NULL || !sim_decimal(&request->price, price) || bourse_decimal_sign(&request->price) <= 0))
    return kucoin_fail(call, "100001", "The price is required.");
  int32_t whole =
      force != NULL && record->unified && strcmp(force, "FOK") == 0; /* classic accounts have no such orders */
  if (force != NULL && !whole && strcmp(force, "GTC") != 0 && strcmp(force, "IOC") != 0)
    return kucoin_fail(call, "100001", "The timeInForce is invalid.");
  if (request->type == BOURSE_ORDER_LIMIT)
    request->time_in_force = whole                                        ? BOURSE_FILL_OR_KILL
                             : force != NULL && strcmp(force, "IOC") == 0 ? BOURSE_IMMEDIATE_OR_CANCEL
                                                                          : BOURSE_GOOD_TILL_CANCELED;
  record->post_only = kucoin_is_true(terms, "postOnly") && request->type == BOURSE_ORDER_LIMIT;
  request->post_only = record->post_only ? BOURSE_YES : BOURSE_NO;
  request->reduce_only = record->reduce_only ? BOURSE_YES : BOURSE_NO;
  record->self_trade = stp == NULL              ? ""
                       : strcmp(stp, "CN") == 0 ? "CN"
                       : strcmp(stp, "CO") == 0 ? "CO"
                       : strcmp(stp, "CB") == 0 ? "CB"
                                                : "";
  request->self_trade = record->self_trade[0] == '\0'           ? BOURSE_SELF_TRADE_ALLOW
                        : strcmp(record->self_trade, "CN") == 0 ? BOURSE_SELF_TRADE_CANCEL_TAKER
                        : strcmp(record->self_trade, "CO") == 0 ? BOURSE_SELF_TRADE_CANCEL_MAKER
                                                                : BOURSE_SELF_TRADE_CANCEL_BOTH;
  (void)snprintf(record->remark, sizeof record->remark, "%s", remark == NULL ? "" : remark);
  if (!read_stop(call, terms, request, record)) return 0;
  if (kucoin_is_true(terms, "iceberg") || kucoin_is_true(terms, "hidden"))
    return kucoin_fail(call, "100001", "Iceberg and hidden orders are not supported.");
  if (record->close && record->kind == KUCOIN_STOP) {
    request->close_position = BOURSE_YES;
    request->reduce_only = BOURSE_NO;
  } else if (record->close) { /* all there is now */
    int64_t held = holding->slots[PAPER_LONG].size + holding->slots[PAPER_SHORT].size;
    if (held == 0) return kucoin_fail(call, "300009", "No open positions to close.");
    request->amount = bourse__paper_decimal(held, kucoin_market(call->s, market)->amount_scale);
  } else if (!read_size(call, terms, market, request)) {
    return 0;
  }
  return read_attached(call, terms, request) && read_position(call, terms, request, record);
}

/* --- Placing --- */

kucoin_record *kucoin_place_futures(kucoin_call *call, const cJSON *terms, int32_t test) {
  sim *s = call->s;
  sim_records *records = &kucoin_of(s)->records;
  const char *client_id = kucoin_member(terms, "clientOid");
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  char engine_id[PAPER_CLIENT_ID_SIZE];
  int32_t market = kucoin_futures_market(call, kucoin_member(terms, "symbol"));
  if (market < 0 || !kucoin_may_use_client_id(call, client_id, 1, 1)) return NULL;
  if (sim_fault(s, "maintenance", "futures")) {
    (void)kucoin_fail(call, "300002", "The futures contract is suspended for placing orders.");
    return NULL;
  }
  kucoin_record *record = kucoin_record_new(s, call->account->account, (uint32_t)market);
  int32_t good = read_terms(call, terms, &request, record);
  if (good) {
    sim_record_name(records, &record->base, client_id);
    request.client_order_id = sim_engine_client_id(engine_id, "f:", client_id);
    request.test = test ? BOURSE_YES : BOURSE_NO;
    if (sim_record_submit(s, records, &record->base, &request, kucoin_ends_at_once) != BOURSE_OK)
      good = kucoin_refused(call, (uint32_t)market);
    else if (record->base.ghost != NULL)
      kucoin_user_order(s, record, record->base.ghost);
  }
  if (good && !test) return record;
  sim_record_drop(records, &record->base);
  return NULL;
}

void kucoin_futures_place(kucoin_call *call, const cJSON *terms, cJSON **answer, int32_t test) {
  const kucoin_record *record = kucoin_place_futures(call, terms, test);
  char id[KUCOIN_ID_SIZE];
  if (call->code != NULL) return;
  *answer = cJSON_CreateObject();
  cJSON_AddStringToObject(*answer, "orderId", record == NULL ? "234000000000000000" : kucoin_now_id(id, record));
  cJSON_AddStringToObject(*answer, "clientOid", kucoin_member(terms, "clientOid"));
}

void kucoin_run_futures_place(kucoin_call *call) { kucoin_futures_place(call, call->body, &call->data, 0); }
static void run_test(kucoin_call *call) { kucoin_futures_place(call, call->body, &call->data, 1); }

static void run_many(kucoin_call *call) {
  const cJSON *terms;
  int32_t count = cJSON_GetArraySize(call->body);
  if (!cJSON_IsArray(call->body) || count < 1 || count > BATCH_MAX) {
    (void)kucoin_fail(call, "100001", "The body has to be an array of one to twenty orders.");
    return;
  }
  cJSON *list = cJSON_CreateArray();
  cJSON_ArrayForEach(terms, call->body) {
    const char *client_id = kucoin_member(terms, "clientOid"), *symbol = kucoin_member(terms, "symbol");
    cJSON *row = NULL;
    kucoin_futures_place(call, terms, &row, 0);
    if (row == NULL) {
      row = cJSON_CreateObject();
      cJSON_AddNullToObject(row, "orderId");
      cJSON_AddStringToObject(row, "clientOid", client_id == NULL ? "" : client_id);
    }
    cJSON_AddStringToObject(row, "symbol", symbol == NULL ? "" : symbol);
    cJSON_AddStringToObject(row, "code", call->code == NULL ? "200000" : call->code);
    cJSON_AddStringToObject(row, "msg", call->code == NULL ? "success" : call->text);
    call->code = NULL;
    cJSON_AddItemToArray(list, row);
  }
  call->data = list;
}

/* --- Ending --- */

static paper_order *open_one(kucoin_call *call, const char *id, const char *client_id, int32_t market,
                             kucoin_record **out) {
  *out = id != NULL ? kucoin_record_named(call->s, call->account->account, id, NULL)
                    : kucoin_by_client(call->s, call->account->account, client_id, market, 1);
  paper_order *order = *out == NULL ? NULL : sim_record_order(call->s, &(*out)->base);
  if (order == NULL || !kucoin_is_futures(order->market)) {
    (void)kucoin_fail(call, "100004", "The order cannot be canceled.");
    return NULL;
  }
  if (!bourse__paper_is_open(order)) {
    (void)kucoin_fail(call, "100004", "Order is in not cancelable state");
    return NULL;
  }
  return order;
}

void kucoin_futures_cancel_named(kucoin_call *call, const char *id, const char *client_id) {
  kucoin_record *record;
  int32_t market = client_id == NULL ? -1 : kucoin_futures_market(call, kucoin_param(call, "symbol"));
  char text[KUCOIN_ID_SIZE];
  if (client_id != NULL && market < 0) return;
  paper_order *order = open_one(call, id, client_id, market, &record);
  if (order == NULL) return;
  kucoin_now_id(text, record);
  (void)sim_cancel(call->s, order);
  call->data = cJSON_CreateObject();
  if (client_id != NULL)
    cJSON_AddStringToObject(call->data, "clientOid", client_id);
  else
    cJSON_AddItemToArray(cJSON_AddArrayToObject(call->data, "cancelledOrderIds"), cJSON_CreateString(text));
}

static void run_cancel(kucoin_call *call) { kucoin_futures_cancel_named(call, call->parts[0], NULL); }
static void run_cancel_client(kucoin_call *call) { kucoin_futures_cancel_named(call, NULL, call->parts[0]); }

static void cancel_row(kucoin_call *call, cJSON *list, const char *id, const char *client_id, const char *symbol) {
  kucoin_record *record = NULL;
  paper_order *order = open_one(call, id, client_id, kucoin_market_of(symbol), &record);
  char text[KUCOIN_ID_SIZE];
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "orderId", id != NULL ? id : record != NULL ? kucoin_now_id(text, record) : "");
  if (client_id != NULL)
    cJSON_AddStringToObject(row, "clientOid", client_id);
  else
    cJSON_AddNullToObject(row, "clientOid");
  if (order != NULL) (void)sim_cancel(call->s, order);
  cJSON_AddStringToObject(row, "code", order != NULL ? "200" : call->code);
  cJSON_AddStringToObject(row, "msg", order != NULL ? "success" : call->text);
  call->code = NULL;
  cJSON_AddItemToArray(list, row);
}

static void run_cancel_many(kucoin_call *call) {
  const cJSON *ids = cJSON_GetObjectItemCaseSensitive(call->body, "orderIdsList"),
              *clients = cJSON_GetObjectItemCaseSensitive(call->body, "clientOidsList"), *item;
  int32_t count = cJSON_GetArraySize(ids) + cJSON_GetArraySize(clients);
  if (count < 1 || count > CANCEL_MAX) {
    (void)kucoin_fail(call, "100001", "One to ten orders have to be named.");
    return;
  }
  cJSON *list = cJSON_CreateArray();
  cJSON_ArrayForEach(item, ids) {
    const char *id = sim_json_item_text(item);
    cancel_row(call, list, id == NULL ? "" : id, NULL, NULL);
  }
  cJSON_ArrayForEach(item, clients) {
    const char *client_id = kucoin_member(item, "clientOid");
    cancel_row(call, list, NULL, client_id == NULL ? "" : client_id, kucoin_member(item, "symbol"));
  }
  call->data = list;
}

static void cancel_all(kucoin_call *call, int32_t waiting) {
  const char *symbol = kucoin_param(call, "symbol");
  int32_t market = symbol == NULL ? -1 : kucoin_futures_market(call, symbol);
  cJSON *list;
  if (symbol != NULL && market < 0) return;
  call->data = cJSON_CreateObject();
  list = cJSON_AddArrayToObject(call->data, "cancelledOrderIds");
  for (int32_t m = FIRST; m < PAPER_MARKETS; m++)
    if (market < 0 || m == market) (void)kucoin_cancel_all(call->s, call->account->account, m, waiting, list);
}

static void run_cancel_all(kucoin_call *call) { cancel_all(call, 0); }
static void run_cancel_stops(kucoin_call *call) { cancel_all(call, 1); }

/* --- Orders as they are told --- */

static void add_text(cJSON *json, const char *name, const char *text) {
  cJSON_AddStringToObject(json, name, text == NULL ? "" : text);
}

cJSON *kucoin_futures_order_json(sim *s, const kucoin_record *record, const paper_order *order) {
  uint32_t market = order->market;
  char id[KUCOIN_ID_SIZE];
  int32_t open = bourse__paper_is_open(order), stops = order->trigger_kind != PAPER_TRIGGER_NONE;
  const paper_market *m = kucoin_market(s, market);
  bourse_decimal price = bourse__paper_decimal(order->price, m->price_scale),
                 amount = bourse__paper_decimal(order->amount, m->amount_scale), value;
  (void)bourse_decimal_mul(&value, &price, &amount);
  bourse_decimal_trim(&value, &value);
  bourse_decimal average = bourse__paper_average(m, order->cost_filled, order->filled, 4);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "id", kucoin_now_id(id, record));
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  cJSON_AddStringToObject(json, "type", order->type == BOURSE_ORDER_LIMIT ? "limit" : "market");
  cJSON_AddStringToObject(json, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(json, "price", kucoin_price(s, market, order->price));
  kucoin_add_raw(json, "size", kucoin_amount(s, market, order->amount));
  cJSON_AddStringToObject(json, "value", sim_decimal_text(&value));
  cJSON_AddStringToObject(json, "dealValue", sim_money_text(order->cost_filled, -1));
  kucoin_add_raw(json, "dealSize", kucoin_amount(s, market, order->filled));
  add_text(json, "stp", record->self_trade);
  add_text(json, "stop", stops ? (order->trigger_direction == BOURSE_TRIGGER_RISE ? "up" : "down") : "");
  add_text(json, "stopPriceType",
           stops ? (record->stop_type == NULL || record->stop_type[0] == '\0' ? "TP" : record->stop_type) : "");
  cJSON_AddBoolToObject(json, "stopTriggered", stops && order->fired);
  if (stops)
    cJSON_AddStringToObject(json, "stopPrice", kucoin_price(s, market, order->trigger_price));
  else
    cJSON_AddNullToObject(json, "stopPrice");
  cJSON_AddStringToObject(json, "timeInForce", order->time_in_force == BOURSE_IMMEDIATE_OR_CANCEL ? "IOC" : "GTC");
  cJSON_AddBoolToObject(json, "postOnly", record->post_only);
  cJSON_AddFalseToObject(json, "hidden");
  cJSON_AddFalseToObject(json, "iceberg");
  cJSON_AddStringToObject(json, "leverage", sim_units_text(record->leverage == 0 ? 1 : record->leverage, 0, 0));
  cJSON_AddFalseToObject(json, "forceHold");
  cJSON_AddBoolToObject(json, "closeOrder", record->close || order->close_position);
  sim_json_add_integer(json, "visibleSize", 0);
  cJSON_AddStringToObject(json, "clientOid", record->base.client_id);
  cJSON_AddStringToObject(json, "remark", record->remark);
  cJSON_AddNullToObject(json, "tags");
  cJSON_AddBoolToObject(json, "isActive", open);
  cJSON_AddBoolToObject(json, "cancelExist", !open && order->status != BOURSE_ORDER_FILLED);
  kucoin_add_ms(s, json, "createdAt", order->created_ns);
  kucoin_add_ms(s, json, "updatedAt", order->updated_ns);
  if (open)
    cJSON_AddNullToObject(json, "endAt");
  else
    kucoin_add_ms(s, json, "endAt", order->updated_ns);
  kucoin_add_ns(s, json, "orderTime", order->created_ns);
  cJSON_AddStringToObject(json, "settleCurrency", kucoin_rows[market].settle);
  cJSON_AddStringToObject(json, "marginMode", record->isolated ? "ISOLATED" : "CROSS");
  cJSON_AddStringToObject(json, "avgDealPrice", order->filled == 0 ? "0" : sim_decimal_text(&average));
  kucoin_add_raw(json, "filledSize", kucoin_amount(s, market, order->filled));
  cJSON_AddStringToObject(json, "filledValue", sim_money_text(order->cost_filled, -1));
  cJSON_AddStringToObject(json, "status", open ? "open" : "done");
  cJSON_AddBoolToObject(json, "reduceOnly", record->reduce_only || order->reduce_only);
  cJSON_AddStringToObject(json, "positionSide",
                          order->position_side == BOURSE_POSITION_LONG    ? "LONG"
                          : order->position_side == BOURSE_POSITION_SHORT ? "SHORT"
                                                                          : "BOTH");
  return json;
}

/* which: 0 waiting for their price, 1 open, 2 done. */
static cJSON *list_orders(kucoin_call *call, int32_t which, int64_t since_ns) {
  const sim_records *records = &kucoin_of(call->s)->records;
  const char *symbol = kucoin_param(call, "symbol"), *side = kucoin_param(call, "side"),
             *type = kucoin_param(call, "type");
  int64_t from_ns, to_ns;
  cJSON *list = cJSON_CreateArray();
  kucoin_span(call, &from_ns, &to_ns);
  if (since_ns > from_ns) from_ns = since_ns;
  for (uint32_t i = records->count; i-- > 0;) {
    const kucoin_record *record = (const kucoin_record *)records->items[i];
    const paper_order *order = record->base.account == call->account->account && kucoin_is_futures(record->base.market)
                                   ? sim_record_order(call->s, &record->base)
                                   : NULL;
    if (order == NULL || order->status == BOURSE_ORDER_PENDING) continue;
    int32_t open = bourse__paper_is_open(order), waits = order->trigger_kind != PAPER_TRIGGER_NONE && !order->fired,
            is = waits  ? (open ? 0 : 2)
                 : open ? 1
                        : 2;
    if (is != which || order->created_ns < from_ns || order->created_ns >= to_ns ||
        (symbol != NULL && strcmp(symbol, kucoin_rows[order->market].id) != 0) ||
        (side != NULL && (strcmp(side, "buy") == 0) != (order->side == BOURSE_SIDE_BUY)) ||
        (type != NULL && strstr(type, order->type == BOURSE_ORDER_LIMIT ? "limit" : "market") == NULL))
      continue;
    cJSON_AddItemToArray(list, kucoin_futures_order_json(call->s, record, order));
  }
  return list;
}

static void run_orders(kucoin_call *call) {
  const char *status = kucoin_param(call, "status");
  int32_t active = status != NULL && strcmp(status, "active") == 0;
  if (status != NULL || active) {
    kucoin_page(call, list_orders(call, active ? 1 : 2, 0), 50);
    return;
  }
  cJSON *open = list_orders(call, 1, 0), *done = list_orders(call, 2, 0);
  while (done->child != NULL) cJSON_AddItemToArray(open, cJSON_DetachItemFromArray(done, 0));
  cJSON_Delete(done);
  kucoin_page(call, open, 50);
}

static void run_stops(kucoin_call *call) { kucoin_page(call, list_orders(call, 0, 0), 50); }
static void run_recent(kucoin_call *call) { call->data = list_orders(call, 2, sim_now_ns(call->s) - SIM_DAY_NS); }

static void answer_order(kucoin_call *call, const kucoin_record *record) {
  const paper_order *order = record == NULL ? NULL : sim_record_order(call->s, &record->base);
  if (order == NULL || !kucoin_is_futures(order->market))
    (void)kucoin_fail(call, "100001", "error.getOrder.orderNotExist");
  else
    call->data = kucoin_futures_order_json(call->s, record, order);
}

static void run_order(kucoin_call *call) {
  answer_order(call, kucoin_record_named(call->s, call->account->account, call->parts[0], NULL));
}

static void run_client_order(kucoin_call *call) {
  const char *client_id = kucoin_param(call, "clientOid");
  answer_order(call, kucoin_by_client(call->s, call->account->account, client_id, -1, 1));
}

#define ORDERS "/api/v1/orders"

const kucoin_row kucoin_futures_order_rows[] = {
    {"POST", ORDERS, KUCOIN_TRADE, POOL_FUTURES, 2, kucoin_run_futures_place},
    {"POST", ORDERS "/test", KUCOIN_TRADE, POOL_FUTURES, 2, run_test},
    {"POST", ORDERS "/multi", KUCOIN_TRADE, POOL_FUTURES, 20, run_many},
    {"POST", "/api/v1/st-orders", KUCOIN_TRADE, POOL_FUTURES, 2, kucoin_run_futures_place},
    {"DELETE", ORDERS "/multi-cancel", KUCOIN_TRADE, POOL_FUTURES, 20, run_cancel_many},
    {"DELETE", ORDERS "/client-order/*", KUCOIN_TRADE, POOL_FUTURES, 1, run_cancel_client},
    {"DELETE", ORDERS "/*", KUCOIN_TRADE, POOL_FUTURES, 1, run_cancel},
    {"DELETE", ORDERS, KUCOIN_TRADE, POOL_FUTURES, 800, run_cancel_all},
    {"DELETE", "/api/v3/orders", KUCOIN_TRADE, POOL_FUTURES, 10, run_cancel_all},
    {"DELETE", "/api/v1/stopOrders", KUCOIN_TRADE, POOL_FUTURES, 15, run_cancel_stops},
    {"GET", ORDERS, KUCOIN_VIEW, POOL_FUTURES, 2, run_orders},
    {"GET", ORDERS "/byClientOid", KUCOIN_VIEW, POOL_FUTURES, 5, run_client_order},
    {"GET", ORDERS "/*", KUCOIN_VIEW, POOL_FUTURES, 5, run_order},
    {"GET", "/api/v1/stopOrders", KUCOIN_VIEW, POOL_FUTURES, 6, run_stops},
    {"GET", "/api/v1/recentDoneOrders", KUCOIN_VIEW, POOL_FUTURES, 5, run_recent},
    {NULL, NULL, 0, 0, 0, NULL},
};
