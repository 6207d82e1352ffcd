/* sim/kucoin_report.c - orders of spot and their fills as they are told, and lists of them. */
#include "kucoin.h"

static const char *const times[] = {"GTC", "GTC", "IOC", "FOK", "GTT"};

static void add_text_or_null(cJSON *json, const char *name, const char *text) {
  if (text != NULL && text[0] != '\0')
    cJSON_AddStringToObject(json, name, text);
  else
    cJSON_AddNullToObject(json, name);
}

/* --- One order --- */

static void add_sums(sim *s, cJSON *json, const paper_order *order, const kucoin_past *past) {
  uint32_t market = order->market;
  int32_t open = past == NULL && bourse__paper_is_open(order);
  int64_t amount = past != NULL ? past->amount : order->amount, filled = past != NULL ? past->filled : order->filled,
          left = amount > filled ? amount - filled : 0;
  paper_money cost = past != NULL ? past->cost : order->cost_filled,
              asked = order->cost_asked > 0 ? order->cost_asked : cost;
  bourse_decimal price = bourse__paper_decimal(past != NULL ? past->price : order->price,
                                               kucoin_market(s, market)->price_scale),
                 rest = bourse__paper_decimal(left, kucoin_market(s, market)->amount_scale), funds;
  (void)bourse_decimal_mul(&funds, &price, &rest);
  paper_money left_funds = 0;
  if (order->cost_asked > 0)
    left_funds = asked - cost;
  else
    (void)bourse__paper_to_money(&left_funds, &funds);
  if (order->cost_asked > 0) left = 0;
  cJSON_AddStringToObject(json, "dealSize", kucoin_amount(s, market, filled));
  cJSON_AddStringToObject(json, "dealFunds", sim_money_text(cost, -1));
  cJSON_AddStringToObject(json, "remainSize", kucoin_amount(s, market, open ? left : 0));
  cJSON_AddStringToObject(json, "remainFunds", sim_money_text(open ? left_funds : 0, -1));
  cJSON_AddStringToObject(json, "cancelledSize", kucoin_amount(s, market, open ? 0 : left));
  cJSON_AddStringToObject(json, "cancelledFunds", sim_money_text(open ? 0 : left_funds, -1));
}

static int32_t was_canceled(const paper_order *order) {
  return !bourse__paper_is_open(order) && order->status != BOURSE_ORDER_FILLED;
}

cJSON *kucoin_order_json(sim *s, const kucoin_record *record, const paper_order *order, const kucoin_past *past) {
  uint32_t market = order->market;
  char id[KUCOIN_ID_SIZE];
  int32_t open = past == NULL && bourse__paper_is_open(order), limit = order->type == BOURSE_ORDER_LIMIT;
  int64_t price = past != NULL ? past->price : order->price, amount = past != NULL ? past->amount : order->amount;
  cJSON *json = cJSON_CreateObject();
  uint32_t version = past == NULL ? record->version : (uint32_t)(past - record->past);
  cJSON_AddStringToObject(json, "id", kucoin_order_id(id, record, version));
  cJSON_AddStringToObject(json, "clientOid", record->base.client_id);
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  cJSON_AddStringToObject(json, "opType", "DEAL");
  cJSON_AddStringToObject(json, "type", limit ? "limit" : "market");
  cJSON_AddStringToObject(json, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(json, "price", kucoin_price(s, market, price));
  cJSON_AddStringToObject(json, "size", kucoin_amount(s, market, amount));
  cJSON_AddStringToObject(json, "funds", sim_money_text(order->cost_asked, -1));
  add_sums(s, json, order, past);
  cJSON_AddStringToObject(json, "fee", sim_money_text(order->fee, -1));
  cJSON_AddStringToObject(json, "feeCurrency", kucoin_rows[market].quote);
  add_text_or_null(json, "stp", record->self_trade);
  cJSON_AddStringToObject(json, "timeInForce", times[order->time_in_force > 0 ? order->time_in_force : 0]);
  cJSON_AddBoolToObject(json, "postOnly", record->post_only);
  cJSON_AddFalseToObject(json, "hidden");
  cJSON_AddBoolToObject(json, "iceberg", record->iceberg);
  cJSON_AddStringToObject(json, "visibleSize", record->iceberg ? record->visible : "0");
  sim_json_add_integer(json, "cancelAfter", record->cancel_after);
  cJSON_AddStringToObject(json, "channel", "API");
  add_text_or_null(json, "remark", record->remark);
  add_text_or_null(json, "tags", record->tags);
  cJSON_AddBoolToObject(json, "cancelExist", past != NULL || was_canceled(order));
  cJSON_AddStringToObject(json, "tradeType", "TRADE");
  cJSON_AddBoolToObject(json, "inOrderBook", open && order->place == PAPER_ON_BOOK);
  cJSON_AddBoolToObject(json, "active", open);
  cJSON_AddStringToObject(json, "tax", "0");
  kucoin_add_ms(s, json, "createdAt", order->created_ns);
  kucoin_add_ms(s, json, "lastUpdatedAt", past != NULL ? past->time_ns : order->updated_ns);
  return json;
}

cJSON *kucoin_sync_json(sim *s, const kucoin_record *record, const paper_order *order) {
  uint32_t market = order->market;
  char id[KUCOIN_ID_SIZE];
  int32_t open = bourse__paper_is_open(order);
  int64_t left = order->amount > order->filled && order->cost_asked == 0 ? order->amount - order->filled : 0;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "orderId", kucoin_now_id(id, record));
  cJSON_AddStringToObject(json, "clientOid", record->base.client_id);
  kucoin_add_ms(s, json, "orderTime", order->created_ns);
  cJSON_AddStringToObject(json, "originSize", kucoin_amount(s, market, order->amount));
  cJSON_AddStringToObject(json, "dealSize", kucoin_amount(s, market, order->filled));
  cJSON_AddStringToObject(json, "remainSize", kucoin_amount(s, market, open ? left : 0));
  cJSON_AddStringToObject(json, "canceledSize", kucoin_amount(s, market, open ? 0 : left));
  cJSON_AddStringToObject(json, "status", open ? "open" : "done");
  kucoin_add_ms(s, json, "matchTime", order->updated_ns);
  return json;
}

/* --- Lists --- */

typedef struct wanted {
  int32_t market, side, type;
  int64_t from_ns, to_ns;
} wanted;

static wanted read_wanted(const kucoin_call *call, int32_t market) {
  const char *side = kucoin_param(call, "side"), *type = kucoin_param(call, "type");
  wanted w = {.market = market};
  if (side != NULL) w.side = strcmp(side, "buy") == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
  if (type != NULL) w.type = strcmp(type, "limit") == 0 ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  kucoin_span(call, &w.from_ns, &w.to_ns);
  return w;
}

/* An order of spot of the account that the services of ordinary orders know; NULL: it is none. */
static const paper_order *ordinary(sim *s, const kucoin_record *record, uint32_t account, const wanted *w) {
  const paper_order *order = record->base.account == account && !kucoin_is_futures(record->base.market) &&
                                     (w->market < 0 || record->base.market == (uint32_t)w->market)
                                 ? sim_record_order(s, &record->base)
                                 : NULL;
  if (order == NULL || record->kind == KUCOIN_OCO || kucoin_waits(record, order) ||
      order->status == BOURSE_ORDER_PENDING || (w->side != 0 && order->side != w->side) ||
      (w->type != 0 && order->type != w->type))
    return NULL;
  return order;
}

static cJSON *open_orders(kucoin_call *call, int32_t market) {
  const sim_records *records = &kucoin_of(call->s)->records;
  wanted w = read_wanted(call, market);
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = records->count; i-- > 0;) {
    const kucoin_record *record = (const kucoin_record *)records->items[i];
    const paper_order *order = ordinary(call->s, record, call->account->account, &w);
    if (order != NULL && bourse__paper_is_open(order))
      cJSON_AddItemToArray(list, kucoin_order_json(call->s, record, order, NULL));
  }
  return list;
}

static void run_open(kucoin_call *call) {
  int32_t market = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  if (market >= 0) call->data = open_orders(call, market);
}

static void run_open_page(kucoin_call *call) {
  int32_t market = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  if (market >= 0) kucoin_page(call, open_orders(call, market), 20);
}

static void run_open_symbols(kucoin_call *call) {
  cJSON *symbols;
  call->data = cJSON_CreateObject();
  symbols = cJSON_AddArrayToObject(call->data, "symbols");
  for (int32_t m = 0; m < KUCOIN_SPOT_MARKETS; m++) {
    cJSON *list = open_orders(call, m);
    if (list->child != NULL) cJSON_AddItemToArray(symbols, cJSON_CreateString(kucoin_rows[m].id));
    cJSON_Delete(list);
  }
}

#define WEEK_NS   (7 * SIM_DAY_NS)
#define LIST_MAX  100
#define LIST_SOME 20

/* "lastId" is the number of the last row before. */
static uint64_t read_last(const kucoin_call *call) {
  const char *last = kucoin_param(call, "lastId");
  return last == NULL || strcmp(last, "0") == 0 ? UINT64_MAX : strtoull(last, NULL, 10);
}

static int64_t read_limit(const kucoin_call *call) {
  int64_t limit = kucoin_whole(call, "limit", LIST_SOME);
  return limit < 1 ? LIST_SOME : limit > LIST_MAX ? LIST_MAX : limit;
}

/* What is asked for may span a week. Without a beginning it is the week before its end. 0: failed. */
static int32_t check_span(kucoin_call *call, wanted *w) {
  int64_t now_ns = sim_now_ns(call->s);
  if (w->to_ns > now_ns) w->to_ns = now_ns + 1;
  if (w->from_ns == 0) w->from_ns = w->to_ns - WEEK_NS;
  return w->to_ns - w->from_ns <= WEEK_NS + KUCOIN_SECOND
             ? 1
             : kucoin_fail(call, "400100", "The time range can not be longer than seven days.");
}

static void run_done(kucoin_call *call) {
  sim *s = call->s;
  const sim_records *records = &kucoin_of(s)->records;
  int32_t market = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  uint64_t before = read_last(call), last = 0;
  int64_t limit = read_limit(call), count = 0;
  if (market < 0) return;
  wanted w = read_wanted(call, market);
  if (!check_span(call, &w)) return;
  cJSON *json = call->data = cJSON_CreateObject(), *items;
  items = cJSON_CreateArray();
  for (uint32_t i = records->count; i-- > 0 && count < limit;) {
    const kucoin_record *record = (const kucoin_record *)records->items[i];
    const paper_order *order = ordinary(s, record, call->account->account, &w);
    if (i + 1 >= before || order == NULL || bourse__paper_is_open(order) || order->created_ns < w.from_ns ||
        order->created_ns >= w.to_ns)
      continue;
    cJSON_AddItemToArray(items, kucoin_order_json(s, record, order, NULL));
    last = i + 1;
    count++;
  }
  sim_json_add_integer(json, "lastId", (int64_t)last);
  cJSON_AddItemToObject(json, "items", items);
}

static void answer_order(kucoin_call *call, const kucoin_record *record, uint32_t past, int32_t market) {
  const paper_order *order = record == NULL ? NULL : sim_record_order(call->s, &record->base);
  if (order == NULL || record->base.market != (uint32_t)market || record->kind == KUCOIN_OCO ||
      kucoin_waits(record, order)) {
    (void)kucoin_fail(call, "400100", "The order does not exist.");
    return;
  }
  call->data = kucoin_order_json(call->s, record, order, past < record->version ? &record->past[past] : NULL);
}

static void run_order(kucoin_call *call) {
  uint32_t past = UINT32_MAX;
  int32_t market = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  if (market >= 0)
    answer_order(call, kucoin_record_named(call->s, call->account->account, call->parts[0], &past), past, market);
}

static void run_client_order(kucoin_call *call) {
  int32_t market = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  if (market >= 0)
    answer_order(call, kucoin_by_client(call->s, call->account->account, call->parts[0], market, 0), UINT32_MAX,
                 market);
}

/* --- Fills --- */

#define FILL_ID  INT64_C(19800000000000)
#define TRADE_ID INT64_C(11029000000000000)

static cJSON *fill_json(sim *s, const paper_fill *fill, const kucoin_record *record) {
  const sim_market_row *row = &kucoin_rows[fill->market];
  const paper_order *order = sim_record_order(s, &record->base);
  char id[KUCOIN_ID_SIZE];
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "id", FILL_ID + (int64_t)kucoin_fill_number(fill));
  cJSON_AddStringToObject(json, "orderId", kucoin_now_id(id, record));
  cJSON_AddStringToObject(json, "counterOrderId", "000000000000000000000000");
  sim_json_add_integer(json, "tradeId", TRADE_ID + (int64_t)fill->id);
  cJSON_AddStringToObject(json, "symbol", row->id);
  cJSON_AddStringToObject(json, "side", fill->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(json, "liquidity", fill->role == BOURSE_MAKER ? "maker" : "taker");
  cJSON_AddStringToObject(json, "type", order != NULL && order->type == BOURSE_ORDER_MARKET ? "market" : "limit");
  cJSON_AddFalseToObject(json, "forceTaker");
  cJSON_AddStringToObject(json, "price", kucoin_price(s, fill->market, fill->price));
  cJSON_AddStringToObject(json, "size", kucoin_amount(s, fill->market, fill->amount));
  cJSON_AddStringToObject(json, "funds", sim_money_text(fill->cost, -1));
  cJSON_AddStringToObject(json, "fee", sim_money_text(fill->fee, -1));
  sim_json_add_decimal(json, "feeRate", fill->role == BOURSE_MAKER ? &row->maker : &row->taker);
  cJSON_AddStringToObject(json, "feeCurrency", row->quote);
  cJSON_AddStringToObject(json, "stop", record->kind == KUCOIN_STOP ? record->stop : "");
  cJSON_AddStringToObject(json, "tradeType", "TRADE");
  cJSON_AddStringToObject(json, "taxRate", "0");
  cJSON_AddStringToObject(json, "tax", "0");
  kucoin_add_ms(s, json, "createdAt", fill->time_ns);
  return json;
}

static void run_fills(kucoin_call *call) {
  sim *s = call->s;
  const paper_ring *fills = &kucoin_paper_account(s, call->account->account)->fills;
  const char *order_id = kucoin_param(call, "orderId");
  int32_t market = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  uint64_t before = read_last(call), last = 0;
  int64_t limit = read_limit(call), count = 0;
  if (market < 0) return;
  wanted w = read_wanted(call, market);
  const kucoin_record *only =
      order_id == NULL ? NULL : kucoin_record_named(s, call->account->account, order_id, &(uint32_t){0});
  if (!check_span(call, &w)) return;
  cJSON *items = cJSON_CreateArray();
  for (uint32_t i = fills->count; i-- > 0 && count < limit;) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    const kucoin_record *record = sim_record_of(&kucoin_of(s)->records, fill->order_id);
    uint64_t number = (uint64_t)FILL_ID + kucoin_fill_number(fill);
    if (record != NULL && record->owner != NULL) record = record->owner;
    if (record == NULL || fill->market != (uint32_t)market || number >= before || fill->time_ns < w.from_ns ||
        fill->time_ns >= w.to_ns || (w.side != 0 && fill->side != w.side) || (order_id != NULL && only != record))
      continue;
    cJSON_AddItemToArray(items, fill_json(s, fill, record));
    last = number;
    count++;
  }
  call->data = cJSON_CreateObject();
  cJSON_AddItemToObject(call->data, "items", items);
  sim_json_add_integer(call->data, "lastId", (int64_t)last);
}

/* --- Conditional orders --- */

static cJSON *stop_json(sim *s, const kucoin_record *record, const paper_order *order) {
  uint32_t market = order->market;
  char id[KUCOIN_ID_SIZE];
  int32_t waits = kucoin_waits(record, order);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "id", kucoin_order_id(id, record, UINT32_MAX));
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  cJSON_AddStringToObject(json, "userId", kucoin_user(id, order->account));
  cJSON_AddStringToObject(json, "status", waits ? "NEW" : "TRIGGERED");
  cJSON_AddStringToObject(json, "type", order->type == BOURSE_ORDER_LIMIT ? "limit" : "market");
  cJSON_AddStringToObject(json, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(json, "price", kucoin_price(s, market, order->price));
  cJSON_AddStringToObject(json, "size", kucoin_amount(s, market, order->amount));
  add_text_or_null(json, "funds", order->cost_asked > 0 ? sim_money_text(order->cost_asked, -1) : NULL);
  add_text_or_null(json, "stp", record->self_trade);
  cJSON_AddStringToObject(json, "timeInForce", times[order->time_in_force > 0 ? order->time_in_force : 0]);
  sim_json_add_integer(json, "cancelAfter", record->cancel_after == 0 ? -1 : record->cancel_after);
  cJSON_AddBoolToObject(json, "postOnly", record->post_only);
  cJSON_AddFalseToObject(json, "hidden");
  cJSON_AddBoolToObject(json, "iceberg", record->iceberg);
  add_text_or_null(json, "visibleSize", record->visible);
  cJSON_AddStringToObject(json, "channel", "API");
  cJSON_AddStringToObject(json, "clientOid", record->base.client_id);
  add_text_or_null(json, "remark", record->remark);
  add_text_or_null(json, "tags", record->tags);
  kucoin_add_ns(s, json, "orderTime", order->created_ns);
  cJSON_AddStringToObject(json, "domainId", "kucoin");
  cJSON_AddStringToObject(json, "tradeSource", "USER");
  cJSON_AddStringToObject(json, "tradeType", "TRADE");
  cJSON_AddStringToObject(json, "feeCurrency", kucoin_rows[market].quote);
  sim_json_add_decimal(json, "takerFeeRate", &kucoin_rows[market].taker);
  sim_json_add_decimal(json, "makerFeeRate", &kucoin_rows[market].maker);
  kucoin_add_ms(s, json, "createdAt", order->created_ns);
  cJSON_AddStringToObject(json, "stop", record->stop);
  if (waits)
    cJSON_AddNullToObject(json, "stopTriggerTime");
  else
    kucoin_add_ms(s, json, "stopTriggerTime", order->working_ns);
  cJSON_AddStringToObject(json, "stopPrice", kucoin_price(s, market, order->trigger_price));
  return json;
}

/* The conditional order of an id or a client id; waiting only where that is asked. NULL: there is none. The words are NEW and
 * TRIGGERED only: one that was canceled while it waited is not there any more. */
static kucoin_record *stop_named(kucoin_call *call, const char *id, const char *client_id, int32_t waiting) {
  kucoin_record *record = id != NULL ? kucoin_record_named(call->s, call->account->account, id, &(uint32_t){0})
                                     : kucoin_by_client(call->s, call->account->account, client_id, -1, 0);
  const paper_order *order = record == NULL ? NULL : sim_record_order(call->s, &record->base);
  if (order != NULL && record->kind == KUCOIN_STOP &&
      (kucoin_waits(record, order) ? bourse__paper_is_open(order) : !waiting))
    return record;
  (void)kucoin_fail(call, "400100", waiting ? "order_not_exist_or_not_allow_to_cancel" : "The order does not exist.");
  return NULL;
}

static void run_stop_place(kucoin_call *call) {
  const kucoin_record *record = kucoin_place(call, call->body, 1, 0);
  char id[KUCOIN_ID_SIZE];
  if (record == NULL) return;
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "orderId", kucoin_order_id(id, record, UINT32_MAX));
}

static void cancel_stop(kucoin_call *call, const char *id, const char *client_id) {
  kucoin_record *record = stop_named(call, id, client_id, 1);
  char text[KUCOIN_ID_SIZE];
  if (record == NULL) return;
  kucoin_order_id(text, record, UINT32_MAX);
  (void)sim_cancel(call->s, sim_record_order(call->s, &record->base));
  call->data = cJSON_CreateObject();
  if (id != NULL) {
    cJSON_AddItemToArray(cJSON_AddArrayToObject(call->data, "cancelledOrderIds"), cJSON_CreateString(text));
  } else {
    cJSON_AddStringToObject(call->data, "cancelledOrderId", text);
    cJSON_AddStringToObject(call->data, "clientOid", client_id);
  }
}

static void run_stop_cancel(kucoin_call *call) { cancel_stop(call, call->parts[0], NULL); }
static void run_stop_cancel_client(kucoin_call *call) { cancel_stop(call, NULL, kucoin_param(call, "clientOid")); }

/* Those named, or all, of one symbol or of all. */
static void run_stop_cancel_many(kucoin_call *call) {
  const char *symbol = kucoin_param(call, "symbol"), *ids = kucoin_param(call, "orderIds");
  int32_t market = symbol == NULL ? -1 : kucoin_spot_market(call, symbol);
  if (symbol != NULL && market < 0) return;
  cJSON *list;
  call->data = cJSON_CreateObject();
  list = cJSON_AddArrayToObject(call->data, "cancelledOrderIds");
  if (ids == NULL) {
    for (int32_t m = 0; m < KUCOIN_SPOT_MARKETS; m++)
      if (market < 0 || m == market) (void)kucoin_cancel_all(call->s, call->account->account, m, 1, list);
    return;
  }
  for (const char *at = ids; *at != '\0';) {
    char one[KUCOIN_ID_SIZE];
    size_t end = strcspn(at, ",");
    (void)snprintf(one, sizeof one, "%.*s", (int)(end < 39 ? end : 39), at);
    at += end + (at[end] == ',');
    kucoin_record *record = stop_named(call, one, NULL, 1);
    call->code = NULL;
    if (record == NULL) continue;
    (void)sim_cancel(call->s, sim_record_order(call->s, &record->base));
    cJSON_AddItemToArray(list, cJSON_CreateString(one));
  }
}

static void run_stop(kucoin_call *call) {
  const kucoin_record *record = stop_named(call, call->parts[0], NULL, 0);
  if (record != NULL) call->data = stop_json(call->s, record, sim_record_order(call->s, &record->base));
}

static void run_stop_client(kucoin_call *call) {
  const kucoin_record *record = stop_named(call, NULL, kucoin_param(call, "clientOid"), 0);
  if (record == NULL) return;
  call->data = cJSON_CreateArray();
  cJSON_AddItemToArray(call->data, stop_json(call->s, record, sim_record_order(call->s, &record->base)));
}

/* What waits. */
static void run_stops(kucoin_call *call) {
  const sim_records *records = &kucoin_of(call->s)->records;
  const char *symbol = kucoin_param(call, "symbol");
  int32_t market = symbol == NULL ? -1 : kucoin_spot_market(call, symbol);
  if (symbol != NULL && market < 0) return;
  wanted w = read_wanted(call, market);
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = records->count; i-- > 0;) {
    const kucoin_record *record = (const kucoin_record *)records->items[i];
    const paper_order *order = record->base.account == call->account->account && record->kind == KUCOIN_STOP &&
                                       !kucoin_is_futures(record->base.market)
                                   ? sim_record_order(call->s, &record->base)
                                   : NULL;
    if (order == NULL || !kucoin_waits(record, order) || !bourse__paper_is_open(order) ||
        (market >= 0 && order->market != (uint32_t)market) || (w.side != 0 && order->side != w.side) ||
        order->created_ns < w.from_ns || order->created_ns >= w.to_ns)
      continue;
    cJSON_AddItemToArray(list, stop_json(call->s, record, order));
  }
  kucoin_page(call, list, 50);
}

#define HF   "/api/v1/hf/orders"
#define STOP "/api/v1/stop-order"

const kucoin_row kucoin_report_rows[] = {
    {"GET", HF "/active", KUCOIN_VIEW, POOL_SPOT, 2, run_open},
    {"GET", HF "/active/page", KUCOIN_VIEW, POOL_SPOT, 2, run_open_page},
    {"GET", HF "/active/symbols", KUCOIN_VIEW, POOL_SPOT, 2, run_open_symbols},
    {"GET", HF "/done", KUCOIN_VIEW, POOL_SPOT, 2, run_done},
    {"GET", HF "/client-order/*", KUCOIN_VIEW, POOL_SPOT, 2, run_client_order},
    {"GET", HF "/*", KUCOIN_VIEW, POOL_SPOT, 2, run_order},
    {"GET", "/api/v1/hf/fills", KUCOIN_VIEW, POOL_SPOT, 2, run_fills},
    {"POST", STOP, KUCOIN_TRADE, POOL_SPOT, 1, run_stop_place},
    {"GET", STOP, KUCOIN_VIEW, POOL_SPOT, 8, run_stops},
    {"GET", STOP "/queryOrderByClientOid", KUCOIN_VIEW, POOL_SPOT, 3, run_stop_client},
    {"GET", STOP "/*", KUCOIN_VIEW, POOL_SPOT, 3, run_stop},
    {"DELETE", STOP "/cancelOrderByClientOid", KUCOIN_TRADE, POOL_SPOT, 5, run_stop_cancel_client},
    {"DELETE", STOP "/cancel", KUCOIN_TRADE, POOL_SPOT, 3, run_stop_cancel_many},
    {"DELETE", STOP "/*", KUCOIN_TRADE, POOL_SPOT, 3, run_stop_cancel},
    {NULL, NULL, 0, 0, 0, NULL},
};
