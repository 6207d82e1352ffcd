/* sim/kucoin_unified_orders.c - orders of the unified account: "Orders" of the documents' Pro REST. One service for spot and
 * futures, told apart by "tradeType"; what it takes are the terms of classic orders in other words. Margin is not enabled, and
 * conditional orders are not taken. */
#include "kucoin.h"

#define PLACE_MAX  5
#define CANCEL_MAX 20
#define PAGE_MAX   200

enum { OF_SPOT = 0, OF_FUTURES };

/* --- Reading --- */

int32_t kucoin_trade_type(kucoin_call *call, const char *type) {
  if (type != NULL && strcmp(type, "SPOT") == 0) return OF_SPOT;
  if (type != NULL && strcmp(type, "FUTURES") == 0) return OF_FUTURES;
  if (type != NULL && strcmp(type, "MARGIN") == 0)
    (void)kucoin_fail(call, "101030", "You haven't yet enabled the margin trading");
  else
    (void)kucoin_fail(call, "400100", "tradeType not in the given range");
  return -1;
}

int32_t kucoin_market_by_type(kucoin_call *call, int32_t type, const char *symbol) {
  return type == OF_FUTURES ? kucoin_futures_market(call, symbol) : kucoin_spot_market(call, symbol);
}

int64_t kucoin_unified_page(const kucoin_call *call) {
  int64_t size = kucoin_whole(call, "pageSize", 50);
  return size < 1 ? 50 : size > PAGE_MAX ? PAGE_MAX : size;
}

static const char *const trade_types[] = {"SPOT", "FUTURES"};

/* --- Placing --- */

static void copy(cJSON *out, const char *as, const cJSON *terms, const char *name) {
  const char *text = kucoin_member(terms, name);
  if (text != NULL) cJSON_AddStringToObject(out, as, text);
}

/* "BUY" as "buy"; anything else that it is not as it stands, to be refused. */
static void copy_word(cJSON *out, const char *as, const cJSON *terms, const char *name, const char *const words[4]) {
  const char *text = kucoin_member(terms, name);
  for (int32_t i = 0; i < 4 && text != NULL; i += 2)
    if (strcmp(text, words[i]) == 0) {
      cJSON_AddStringToObject(out, as, words[i + 1]);
      return;
    }
  cJSON_AddStringToObject(out, as, "?");
}

/* What the size counts: base currency, contracts, or what is to be spent. NULL: no such unit. */
static const char *size_name(const cJSON *terms, int32_t type) {
  static const struct {
    const char *unit, *names[2];
  } units[] = {{"BASECCY", {"size", "qty"}}, {"QUOTECCY", {"funds", "valueQty"}}, {"UNIT", {NULL, "size"}}};
  const char *unit = kucoin_member(terms, "sizeUnit");
  if (unit == NULL) unit = type == OF_FUTURES ? "UNIT" : "BASECCY";
  for (size_t i = 0; i < 3; i++)
    if (strcmp(unit, units[i].unit) == 0) return units[i].names[type];
  return NULL;
}

/* The terms as classic accounts have them; NULL: failed. */
static cJSON *classic_terms(kucoin_call *call, const cJSON *terms, int32_t type) {
  static const char *const sides[] = {"BUY", "buy", "SELL", "sell"}, *const types[] = {"LIMIT", "limit", "MARKET",
                                                                                       "market"};
  static const char *const same[] = {"clientOid", "symbol", "timeInForce", "cancelAfter", "postOnly", "reduceOnly"};
  const char *size = size_name(terms, type), *side = kucoin_member(terms, "side"),
             *force = kucoin_member(terms, "timeInForce");
  int32_t buys = side != NULL && strcmp(side, "BUY") == 0, futures = type == OF_FUTURES;
  if (size == NULL || kucoin_member(terms, "triggerPrice") != NULL ||
      kucoin_member(terms, "triggerDirection") != NULL || (futures && force != NULL && strcmp(force, "GTT") == 0)) {
    (void)kucoin_fail(
        call, "400100",
        size == NULL ? "The sizeUnit is invalid." : "Conditional orders and GTT of futures are not supported.");
    return NULL;
  }
  cJSON *out = cJSON_CreateObject();
  for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) copy(out, same[i], terms, same[i]);
  copy_word(out, "side", terms, "side", sides);
  copy_word(out, "type", terms, "orderType", types);
  copy(out, size, terms, "size");
  const char *order_type = kucoin_member(out, "type");
  if (strcmp(order_type, "limit") == 0) copy(out, "price", terms, "price");
  copy(out, "stp", terms, "stp");
  if (!futures) return out;
  cJSON_AddStringToObject(out, "marginMode", "CROSS");
  copy(out, buys ? "triggerStopUpPrice" : "triggerStopDownPrice", terms, "tpTriggerPrice");
  copy(out, buys ? "triggerStopDownPrice" : "triggerStopUpPrice", terms, "slTriggerPrice");
  return out;
}

/* NULL: refused. */
static kucoin_record *place(kucoin_call *call, const cJSON *terms, int32_t type) {
  cJSON *classic = classic_terms(call, terms, type);
  if (classic == NULL) return NULL;
  kucoin_record *record =
      type == OF_FUTURES ? kucoin_place_futures(call, classic, 0) : kucoin_place(call, classic, 0, 0);
  const char *value = kucoin_member(classic, "valueQty");
  if (record != NULL && value != NULL) (void)snprintf(record->value, sizeof record->value, "%s", value);
  cJSON_Delete(classic);
  return record;
}

static cJSON *ids_json(const kucoin_record *record) {
  char id[KUCOIN_ID_SIZE];
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "orderId", kucoin_now_id(id, record));
  cJSON_AddStringToObject(json, "clientOid", record->base.client_id);
  return json;
}

static void answer_ids(kucoin_call *call, const kucoin_record *record, int32_t type) {
  call->data = ids_json(record);
  cJSON_AddStringToObject(call->data, "tradeType", trade_types[type]);
  kucoin_add_ns(call->s, call->data, "ts", sim_now_ns(call->s));
}

static void run_place(kucoin_call *call) {
  int32_t type = kucoin_trade_type(call, kucoin_param(call, "tradeType"));
  const kucoin_record *record = type < 0 ? NULL : place(call, call->body, type);
  if (record != NULL) answer_ids(call, record, type);
}

/* One of several: how it went. */
static void add_item(kucoin_call *call, cJSON *list, const kucoin_record *record, const cJSON *asked) {
  cJSON *row = record != NULL ? ids_json(record) : cJSON_CreateObject();
  if (record == NULL) copy(row, "orderId", asked, "orderId");
  if (record == NULL) copy(row, "clientOid", asked, "clientOid");
  copy(row, "symbol", asked, "symbol");
  cJSON_AddStringToObject(row, "code", call->code == NULL ? "200000" : call->code);
  cJSON_AddStringToObject(row, "msg", call->code == NULL ? "success" : call->text);
  call->code = NULL;
  cJSON_AddItemToArray(list, row);
}

/* The list of orders that a request names; NULL: failed. */
static const cJSON *read_list(kucoin_call *call, const char *name, int32_t most, int32_t *type) {
  const cJSON *list = cJSON_GetObjectItemCaseSensitive(call->body, name);
  int32_t count = cJSON_GetArraySize(list);
  *type = kucoin_trade_type(call, kucoin_param(call, "tradeType"));
  if (*type < 0) return NULL;
  if (cJSON_IsArray(list) && count >= 1 && count <= most) return list;
  (void)kucoin_fail(call, "400100", "The list of orders is empty or too long.");
  return NULL;
}

static cJSON *begin_items(kucoin_call *call, int32_t type) {
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "tradeType", trade_types[type]);
  kucoin_add_ns(call->s, call->data, "ts", sim_now_ns(call->s));
  return cJSON_AddArrayToObject(call->data, "items");
}

static void run_place_batch(kucoin_call *call) {
  int32_t type;
  const cJSON *terms, *list = read_list(call, "orderList", PLACE_MAX, &type);
  if (list == NULL) return;
  cJSON *items = begin_items(call, type);
  cJSON_ArrayForEach(terms, list) {
    const kucoin_record *record = place(call, terms, type);
    add_item(call, items, record, terms);
  }
}

/* --- Naming, and ending --- */

/* The order that an object names by its market and one of its ids; NULL: failed. */
static kucoin_record *named(kucoin_call *call, const char *symbol, const char *id, const char *client_id, int32_t type,
                            int32_t open) {
  int32_t market = kucoin_market_by_type(call, type, symbol);
  if (market < 0) return NULL;
  kucoin_record *record = id != NULL ? kucoin_record_named(call->s, call->account->account, id, NULL)
                                     : kucoin_by_client(call->s, call->account->account, client_id, market, type);
  const paper_order *order = record == NULL ? NULL : sim_record_order(call->s, &record->base);
  int32_t there = order != NULL && order->market == (uint32_t)market;
  if (there && (!open || bourse__paper_is_open(order))) return record;
  if (type == OF_FUTURES)
    (void)kucoin_fail(call, open ? "100004" : "100001",
                      there  ? "Order is in not cancelable state"
                      : open ? "The order cannot be canceled."
                             : "error.getOrder.orderNotExist");
  else
    (void)kucoin_fail(call, "400100", open ? "order_not_exist_or_not_allow_to_cancel" : "The order does not exist.");
  return NULL;
}

static kucoin_record *cancel(kucoin_call *call, const cJSON *terms, int32_t type) {
  kucoin_record *record = named(call, kucoin_member(terms, "symbol"), kucoin_member(terms, "orderId"),
                                kucoin_member(terms, "clientOid"), type, 1);
  if (record != NULL) (void)sim_cancel(call->s, sim_record_order(call->s, &record->base));
  return record;
}

static void run_cancel(kucoin_call *call) {
  int32_t type = kucoin_trade_type(call, kucoin_param(call, "tradeType"));
  const kucoin_record *record = type < 0 ? NULL : cancel(call, call->body, type);
  if (record != NULL) answer_ids(call, record, type);
}

static void run_cancel_batch(kucoin_call *call) {
  int32_t type;
  const cJSON *terms, *list = read_list(call, "cancelOrderList", CANCEL_MAX, &type);
  if (list == NULL) return;
  cJSON *items = begin_items(call, type);
  cJSON_ArrayForEach(terms, list) {
    const kucoin_record *record = cancel(call, terms, type);
    add_item(call, items, record, terms);
  }
}

/* Those that wait for their price: sources call them so or so. */
static int32_t wants_waiting(const kucoin_call *call) {
  const char *filter = kucoin_param(call, "orderFilter");
  return filter != NULL && (strcmp(filter, "ADVANCED") == 0 || strcmp(filter, "CONDITION") == 0);
}

static int32_t waits(const paper_order *order) { return order->trigger_kind != PAPER_TRIGGER_NONE && !order->fired; }

static void run_cancel_all(kucoin_call *call) {
  int32_t type = kucoin_trade_type(call, kucoin_param(call, "tradeType"));
  int32_t market = type < 0 ? -1 : kucoin_market_by_type(call, type, kucoin_param(call, "symbol"));
  cJSON *ids, *id, *items;
  if (market < 0) return;
  ids = cJSON_CreateArray();
  (void)kucoin_cancel_all(call->s, call->account->account, market, wants_waiting(call), ids);
  items = begin_items(call, type);
  cJSON_ArrayForEach(id, ids) {
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "orderId", id->valuestring);
    cJSON_AddItemToArray(items, row);
  }
  cJSON_Delete(ids);
}

/* --- Orders as they are told --- */

static const char *unit_of(const kucoin_record *record, const paper_order *order) {
  if (order->cost_asked > 0 || record->value[0] != '\0') return "QUOTECCY";
  return kucoin_is_futures(order->market) ? "UNIT" : "BASECCY";
}

static int32_t status_of(const paper_order *order) {
  if (waits(order) && bourse__paper_is_open(order)) return 0;
  if (bourse__paper_is_open(order)) return order->filled > 0 ? 4 : 2;
  return order->status == BOURSE_ORDER_FILLED ? 3 : order->filled > 0 ? 6 : 5;
}

static void add_sizes(sim *s, cJSON *json, const kucoin_record *record, const paper_order *order) {
  int32_t ended = !bourse__paper_is_open(order) && order->status != BOURSE_ORDER_FILLED;
  int64_t left = ended && order->amount > order->filled ? order->amount - order->filled : 0;
  if (strcmp(unit_of(record, order), "QUOTECCY") != 0) {
    cJSON_AddStringToObject(json, "size", kucoin_amount(s, order->market, order->amount));
    cJSON_AddStringToObject(json, "filledSize", kucoin_amount(s, order->market, order->filled));
    cJSON_AddStringToObject(json, "cancelSize", kucoin_amount(s, order->market, left));
    return;
  }
  paper_money asked = order->cost_asked;
  bourse_decimal value;
  if (record->value[0] != '\0' && sim_decimal(&value, record->value)) (void)bourse__paper_to_money(&asked, &value);
  cJSON_AddStringToObject(json, "size", sim_money_text(asked, -1));
  cJSON_AddStringToObject(json, "filledSize", sim_money_text(order->cost_filled, -1));
  cJSON_AddStringToObject(json, "cancelSize", sim_money_text(ended ? asked - order->cost_filled : 0, -1));
}

static void add_trigger(sim *s, cJSON *json, const kucoin_record *record, const paper_order *order) {
  int32_t waited = order->trigger_kind != PAPER_TRIGGER_NONE,
          stops = record->stop_type != NULL && record->stop_type[0] != '\0';
  cJSON_AddStringToObject(json, "triggerDirection",
                          !waited                                           ? ""
                          : order->trigger_direction == BOURSE_TRIGGER_RISE ? "UP"
                                                                            : "DOWN");
  cJSON_AddStringToObject(json, "triggerPrice", waited ? kucoin_price(s, order->market, order->trigger_price) : "");
  cJSON_AddStringToObject(json, "triggerPriceType", !waited ? "" : stops ? record->stop_type : "TP");
}

cJSON *kucoin_unified_order_json(sim *s, const kucoin_record *record, const paper_order *order) {
  static const char *const times[] = {"GTC", "GTC", "IOC", "FOK", "GTT"};
  uint32_t market = order->market;
  const paper_market *m = kucoin_market(s, market);
  bourse_decimal average = bourse__paper_average(m, order->cost_filled, order->filled, 8);
  cJSON *json = ids_json(record);
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  cJSON_AddStringToObject(json, "orderType", order->type == BOURSE_ORDER_LIMIT ? "LIMIT" : "MARKET");
  cJSON_AddStringToObject(json, "side", order->side == BOURSE_SIDE_BUY ? "BUY" : "SELL");
  cJSON_AddStringToObject(json, "price",
                          order->type == BOURSE_ORDER_LIMIT ? kucoin_price(s, market, order->price) : "");
  cJSON_AddStringToObject(json, "timeInForce", times[order->time_in_force > 0 ? order->time_in_force : 0]);
  kucoin_add_ns(s, json, "orderTime", order->created_ns);
  cJSON_AddStringToObject(json, "stp", record->self_trade == NULL ? "" : record->self_trade);
  if (record->cancel_after > 0)
    sim_json_add_integer(json, "cancelAfter", record->cancel_after);
  else
    cJSON_AddNullToObject(json, "cancelAfter");
  cJSON_AddBoolToObject(json, "postOnly", record->post_only);
  cJSON_AddBoolToObject(json, "reduceOnly", record->reduce_only || order->reduce_only);
  add_trigger(s, json, record, order);
  for (int32_t i = 0; i < 4; i++) {
    static const char *const none[] = {"tpTriggerPrice", "tpTriggerPriceType", "slTriggerPrice", "slTriggerPriceType"};
    cJSON_AddStringToObject(json, none[i], "");
  }
  add_sizes(s, json, record, order);
  cJSON_AddStringToObject(json, "avgPrice", order->filled == 0 ? "0" : sim_decimal_text(&average));
  cJSON_AddStringToObject(json, "fee", sim_money_text(order->fee, -1));
  cJSON_AddStringToObject(json, "feeCurrency",
                          kucoin_is_futures(market) ? kucoin_rows[market].settle : kucoin_rows[market].quote);
  cJSON_AddStringToObject(json, "tax", "0");
  kucoin_add_ns(s, json, "updatedTime", order->updated_ns);
  cJSON_AddStringToObject(json, "triggerOrderId", "");
  cJSON_AddStringToObject(json, "cancelReason", record->base.reason == NULL ? "" : record->base.reason);
  cJSON_AddStringToObject(json, "sizeUnit", unit_of(record, order));
  cJSON_AddStringToObject(json, "tradeType", trade_types[kucoin_is_futures(market)]);
  sim_json_add_integer(json, "status", status_of(order));
  return json;
}

static void run_detail(kucoin_call *call) {
  int32_t type = kucoin_trade_type(call, kucoin_param(call, "tradeType"));
  const kucoin_record *record = type < 0 ? NULL
                                         : named(call, kucoin_param(call, "symbol"), kucoin_param(call, "orderId"),
                                                 kucoin_param(call, "clientOid"), type, 0);
  if (record != NULL) call->data = kucoin_unified_order_json(call->s, record, sim_record_order(call->s, &record->base));
}

/* --- Lists --- */

typedef struct wanted {
  int32_t type, market, side;
  int64_t from_ns, to_ns;
} wanted;

/* 0: failed. Lists of spot are of one market. */
static int32_t read_wanted(kucoin_call *call, wanted *w) {
  const char *symbol = kucoin_param(call, "symbol"), *side = kucoin_param(call, "side");
  w->type = kucoin_trade_type(call, kucoin_param(call, "tradeType"));
  int32_t any = symbol == NULL && w->type == OF_FUTURES;
  w->market = any || w->type < 0 ? -1 : kucoin_market_by_type(call, w->type, symbol);
  w->side = side == NULL ? 0 : strcmp(side, "BUY") == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
  kucoin_span(call, &w->from_ns, &w->to_ns);
  return w->type >= 0 && (any || w->market >= 0);
}

static int32_t fits(const wanted *w, uint32_t market, int32_t side, int64_t time_ns) {
  return kucoin_is_futures(market) == (w->type == OF_FUTURES) && (w->market < 0 || market == (uint32_t)w->market) &&
         (w->side == 0 || side == w->side) && time_ns >= w->from_ns && time_ns < w->to_ns;
}

/* An order of the account that is wanted, open or not; NULL: it is none. */
static const paper_order *listed(kucoin_call *call, const kucoin_record *record, const wanted *w, int32_t open) {
  const paper_order *order =
      record->base.account == call->account->account ? sim_record_order(call->s, &record->base) : NULL;
  if (order == NULL || order->status == BOURSE_ORDER_PENDING || bourse__paper_is_open(order) != open ||
      waits(order) != wants_waiting(call) || !fits(w, order->market, order->side, order->created_ns))
    return NULL;
  return order;
}

static void run_open(kucoin_call *call) {
  const sim_records *records = &kucoin_of(call->s)->records;
  wanted w;
  if (!read_wanted(call, &w)) return;
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = records->count; i-- > 0;) {
    const kucoin_record *record = (const kucoin_record *)records->items[i];
    const paper_order *order = listed(call, record, &w, 1);
    if (order != NULL) cJSON_AddItemToArray(list, kucoin_unified_order_json(call->s, record, order));
  }
  kucoin_page(call, list, 50);
}

static void answer_list(kucoin_call *call, const wanted *w, cJSON *items, int64_t last) {
  call->data = cJSON_CreateObject();
  sim_json_add_integer(call->data, "lastId", last);
  cJSON_AddStringToObject(call->data, "tradeType", trade_types[w->type]);
  cJSON_AddItemToObject(call->data, "items", items);
}

static void run_history(kucoin_call *call) {
  const sim_records *records = &kucoin_of(call->s)->records;
  int64_t before = kucoin_whole(call, "lastId", INT64_MAX), limit = kucoin_unified_page(call), last = 0;
  wanted w;
  if (!read_wanted(call, &w)) return;
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = records->count; i-- > 0 && cJSON_GetArraySize(list) < limit;) {
    const kucoin_record *record = (const kucoin_record *)records->items[i];
    const paper_order *order = (int64_t)i + 1 >= before ? NULL : listed(call, record, &w, 0);
    if (order == NULL) continue;
    cJSON_AddItemToArray(list, kucoin_unified_order_json(call->s, record, order));
    last = (int64_t)i + 1;
  }
  answer_list(call, &w, list, last);
}

/* --- Fills --- */

#define FILL_ID INT64_C(20800000000000000)

cJSON *kucoin_unified_fill_json(sim *s, const paper_fill *fill, const kucoin_record *record) {
  const sim_market_row *row = &kucoin_rows[fill->market];
  const paper_order *order = sim_record_order(s, &record->base);
  int32_t futures = kucoin_is_futures(fill->market), maker = fill->role == BOURSE_MAKER;
  cJSON *json = cJSON_CreateObject();
  char id[KUCOIN_ID_SIZE];
  cJSON_AddStringToObject(json, "tradeId", sim_units_text(FILL_ID + (int64_t)fill->id, 0, 0));
  cJSON_AddStringToObject(json, "orderId", kucoin_now_id(id, record));
  cJSON_AddStringToObject(json, "symbol", row->id);
  cJSON_AddStringToObject(json, "side", fill->side == BOURSE_SIDE_BUY ? "BUY" : "SELL");
  cJSON_AddStringToObject(json, "orderType", order != NULL && order->type == BOURSE_ORDER_MARKET ? "MARKET" : "LIMIT");
  cJSON_AddStringToObject(json, "price", kucoin_price(s, fill->market, fill->price));
  cJSON_AddStringToObject(json, "size", kucoin_amount(s, fill->market, fill->amount));
  cJSON_AddStringToObject(json, "sizeUnit", futures ? "UNIT" : "BASECCY");
  cJSON_AddStringToObject(json, "value", sim_money_text(fill->cost, -1));
  sim_json_add_decimal(json, "feeRate", maker ? &row->maker : &row->taker);
  cJSON_AddStringToObject(json, "fee", sim_money_text(fill->fee, -1));
  cJSON_AddStringToObject(json, "feeCurrency", futures ? row->settle : row->quote);
  cJSON_AddStringToObject(json, "tax", "0");
  cJSON_AddStringToObject(json, "liquidityRole", maker ? "MAKER" : "TAKER");
  cJSON_AddStringToObject(json, "fillType", "TRADE");
  kucoin_add_ns(s, json, "executionTime", fill->time_ns);
  return json;
}

static void run_executions(kucoin_call *call) {
  sim *s = call->s;
  const paper_ring *fills = &kucoin_paper_account(s, call->account->account)->fills;
  const char *id = kucoin_param(call, "orderId");
  const kucoin_record *only = id == NULL ? NULL : kucoin_record_named(s, call->account->account, id, NULL);
  int64_t before = kucoin_whole(call, "lastId", INT64_MAX), limit = kucoin_unified_page(call), last = 0;
  wanted w;
  if (!read_wanted(call, &w)) return;
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = fills->count; i-- > 0 && cJSON_GetArraySize(list) < limit;) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    const kucoin_record *record = sim_record_of(&kucoin_of(s)->records, fill->order_id);
    int64_t number = (int64_t)kucoin_fill_number(fill);
    if (record == NULL || number >= before || (id != NULL && only != record) ||
        !fits(&w, fill->market, fill->side, fill->time_ns))
      continue;
    cJSON_AddItemToArray(list, kucoin_unified_fill_json(s, fill, record));
    last = number;
  }
  answer_list(call, &w, list, last);
}

#define UA "/api/ua/v1/unified/order"

const kucoin_row kucoin_unified_order_rows[] = {
    {"POST", UA "/place", KUCOIN_TRADE, POOL_UNIFIED, 1, run_place},
    {"POST", UA "/place-batch", KUCOIN_TRADE, POOL_UNIFIED, 4, run_place_batch},
    {"POST", UA "/cancel", KUCOIN_TRADE, POOL_UNIFIED, 1, run_cancel},
    {"POST", UA "/cancel-batch", KUCOIN_TRADE, POOL_UNIFIED, 4, run_cancel_batch},
    {"POST", UA "/cancel-all", KUCOIN_TRADE, POOL_UNIFIED, 20, run_cancel_all},
    {"GET", UA "/detail", KUCOIN_VIEW, POOL_MANAGEMENT, 4, run_detail},
    {"GET", UA "/open-list", KUCOIN_VIEW, POOL_MANAGEMENT, 4, run_open},
    {"GET", UA "/history", KUCOIN_VIEW, POOL_MANAGEMENT, 4, run_history},
    {"GET", UA "/execution", KUCOIN_VIEW, POOL_MANAGEMENT, 4, run_executions},
    {NULL, NULL, 0, 0, 0, NULL},
};
