/* sim/kucoin_orders.c - orders of spot: "HF Spot Trade: Orders" of the documents. Placing and ending are acknowledged only;
 * the "sync" ones tell what became of them. */
#include "kucoin.h"

#define BATCH_MAX 5

/* --- Refusals --- */

int32_t kucoin_refused(kucoin_call *call, uint32_t market) {
  const paper_error *error = bourse__paper_error(sim_engine(call->s));
  const char *field = error->field == NULL ? "" : error->field;
  int32_t futures = kucoin_is_futures(market);
  switch (error->reason) {
    case PAPER_NO_FUNDS:
      return futures ? kucoin_fail(call, "300003", "Balance not enough, please first deposit at least the margin.")
                     : kucoin_fail(call, "200004", "Balance insufficient!");
    case PAPER_BAD_TICK: return kucoin_fail(call, futures ? "100001" : "400100", "Price increment invalid.");
    case PAPER_BAD_STEP: return kucoin_fail(call, futures ? "100001" : "600100", "Order size increment invalid.");
    case PAPER_PRICE_RANGE: return kucoin_fail(call, futures ? "300012" : "400370", "The price is out of range.");
    case PAPER_AMOUNT_MIN:
      return kucoin_fail(call, futures ? "100001" : "400100", "The quantity is below the minimum requirement.");
    case PAPER_COST_MIN: return kucoin_fail(call, "400100", "Order size below the minimum requirement.");
    case PAPER_AMOUNT_MAX:
    case PAPER_TOO_LARGE: return kucoin_fail(call, futures ? "100001" : "400100", "Order size is too large.");
    case PAPER_DUPLICATE:
      return kucoin_fail(call, futures ? "100001" : "400100", "The clientOid has been used before.");
    case PAPER_REDUCE_ONLY: return kucoin_fail(call, "300009", "No open positions to close.");
    case PAPER_POSITION_MODE:
      return kucoin_fail(call, "330011",
                         "Your order's position side does not match the position mode of your account.");
    case PAPER_POSITION_LIMIT: return kucoin_fail(call, "300005", "The risk limit has been exceeded.");
    case PAPER_TOO_MANY: return kucoin_fail(call, futures ? "300001" : "200003", "Too many open orders.");
    default: return kucoin_fail(call, futures ? "100001" : "400100", field[0] == '\0' ? "Invalid order." : field);
  }
}

/* Taken, and ended at once. */
const char *kucoin_ends_at_once(int32_t reason) {
  switch (reason) {
    case PAPER_WOULD_TAKE: return "post only";
    case PAPER_UNFILLED:
    case PAPER_NO_LIQUIDITY: return "unfilled";
    case PAPER_SELF_TRADE: return "self trade";
    default: return NULL;
  }
}

/* --- Reading --- */

int32_t kucoin_may_use_client_id(kucoin_call *call, const char *client_id, int32_t needed, int32_t futures) {
  const char *code = futures ? "100001" : "400100";
  if (client_id == NULL) return needed ? kucoin_fail(call, "400100", "validation.createOrder.clientOidIsRequired") : 1;
  size_t length = strlen(client_id);
  for (size_t i = 0; i < length; i++)
    if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-", client_id[i]) == NULL) length = 99;
  if (length > 40) return kucoin_fail(call, code, "The clientOid is invalid.");
  if (kucoin_by_client(call->s, call->account->account, client_id, -1, futures) != NULL)
    return kucoin_fail(call, code, "The clientOid has been used before.");
  return 1;
}

static int32_t read_decimal(bourse_decimal *out, const cJSON *terms, const char *name) {
  const char *text = kucoin_member(terms, name);
  return text != NULL && sim_decimal(out, text) && bourse_decimal_sign(out) > 0;
}

static int32_t read_time_in_force(kucoin_call *call, const cJSON *terms, bourse_order_request *request,
                                  kucoin_record *record) {
  static const char *const names[] = {"", "GTC", "IOC", "FOK", "GTT"};
  const char *text = kucoin_member(terms, "timeInForce"), *after = kucoin_member(terms, "cancelAfter");
  if (request->type == BOURSE_ORDER_MARKET) return 1; /* not looked at */
  request->time_in_force = BOURSE_GOOD_TILL_CANCELED;
  for (int32_t i = 1; i < 5; i++)
    if (text != NULL && strcmp(text, names[i]) == 0) request->time_in_force = i;
  if (text != NULL && strcmp(text, names[request->time_in_force]) != 0)
    return kucoin_fail(call, "400100", "The timeInForce is invalid.");
  if (request->time_in_force != BOURSE_GOOD_TILL_DATE) return 1;
  record->cancel_after = after == NULL ? 0 : strtoll(after, NULL, 10);
  if (record->cancel_after < 1 || record->cancel_after > 2592000)
    return kucoin_fail(call, "400100", "The cancelAfter is invalid.");
  request->expire_ns = sim_now_ns(call->s) + record->cancel_after * KUCOIN_SECOND;
  return 1;
}

static int32_t read_self_trade(kucoin_call *call, const cJSON *terms, bourse_order_request *request,
                               kucoin_record *record) {
  static const struct {
    const char *name;
    int32_t how;
  } ways[] = {{"DC", BOURSE_SELF_TRADE_DECREMENT},
              {"CO", BOURSE_SELF_TRADE_CANCEL_MAKER},
              {"CN", BOURSE_SELF_TRADE_CANCEL_TAKER},
              {"CB", BOURSE_SELF_TRADE_CANCEL_BOTH}};
  const char *text = kucoin_member(terms, "stp");
  request->self_trade = BOURSE_SELF_TRADE_ALLOW;
  record->self_trade = "";
  for (size_t i = 0; i < 4; i++)
    if (text != NULL && strcmp(text, ways[i].name) == 0) {
      request->self_trade = ways[i].how;
      record->self_trade = ways[i].name;
    }
  return text == NULL || record->self_trade[0] != '\0' ? 1 : kucoin_fail(call, "400100", "The stp is invalid.");
}

static int32_t read_sizes(kucoin_call *call, const cJSON *terms, bourse_order_request *request, kucoin_record *record) {
  int32_t sized = read_decimal(&request->amount, terms, "size"), funded = 0;
  const char *visible = kucoin_member(terms, "visibleSize");
  if (request->type == BOURSE_ORDER_MARKET) funded = read_decimal(&request->cost, terms, "funds");
  if (sized + funded != 1)
    return kucoin_fail(call, "400100", "The size or the funds is required, and only one of them.");
  if (kucoin_is_true(terms, "hidden")) return kucoin_fail(call, "400100", "Hidden orders are not supported.");
  record->iceberg = kucoin_is_true(terms, "iceberg");
  if (!record->iceberg) return 1;
  if (!read_decimal(&request->iceberg_amount, terms, "visibleSize"))
    return kucoin_fail(call, "400100", "The visibleSize is required.");
  (void)snprintf(record->visible, sizeof record->visible, "%s", visible);
  return 1;
}

static int32_t read_stop(kucoin_call *call, const cJSON *terms, bourse_order_request *request, kucoin_record *record) {
  const char *stop = kucoin_member(terms, "stop");
  if (!read_decimal(&request->trigger_price, terms, "stopPrice"))
    return kucoin_fail(call, "400100", "The stopPrice is required.");
  if (stop != NULL && strcmp(stop, "loss") != 0 && strcmp(stop, "entry") != 0)
    return kucoin_fail(call, "400100", "The stop is invalid.");
  int64_t price = 0;
  const paper_market *market = kucoin_market(call->s, record->base.market);
  (void)bourse__paper_units(&price, &request->trigger_price, market->price_scale);
  int32_t falls = stop != NULL ? strcmp(stop, "loss") == 0 : price <= market->last;
  request->trigger_direction = falls ? BOURSE_TRIGGER_FALL : BOURSE_TRIGGER_RISE;
  record->stop = falls ? "loss" : "entry";
  record->kind = KUCOIN_STOP;
  return 1;
}

static int32_t read_terms(kucoin_call *call, const cJSON *terms, int32_t stops, bourse_order_request *request,
                          kucoin_record *record) {
  const char *side = kucoin_member(terms, "side"), *type = kucoin_member(terms, "type"),
             *remark = kucoin_member(terms, "remark"), *tags = kucoin_member(terms, "tags");
  request->side = side == NULL                ? 0
                  : strcmp(side, "buy") == 0  ? BOURSE_SIDE_BUY
                  : strcmp(side, "sell") == 0 ? BOURSE_SIDE_SELL
                                              : 0;
  if (request->side == 0) return kucoin_fail(call, "400100", "The side is invalid.");
  if (type == NULL) type = "limit";
  if (strcmp(type, "limit") != 0 && strcmp(type, "market") != 0)
    return kucoin_fail(call, "400100", "The type is invalid.");
  request->type = strcmp(type, "limit") == 0 ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  if (request->type == BOURSE_ORDER_LIMIT && !read_decimal(&request->price, terms, "price"))
    return kucoin_fail(call, "400100", "The price is required.");
  record->post_only = kucoin_is_true(terms, "postOnly") && request->type == BOURSE_ORDER_LIMIT;
  request->post_only = record->post_only ? BOURSE_YES : BOURSE_NO;
  (void)snprintf(record->remark, sizeof record->remark, "%s", remark == NULL ? "" : remark);
  (void)snprintf(record->tags, sizeof record->tags, "%s", tags == NULL ? "" : tags);
  record->stop = record->stop_type = "";
  if (!read_sizes(call, terms, request, record) || !read_time_in_force(call, terms, request, record) ||
      !read_self_trade(call, terms, request, record))
    return 0;
  if (record->post_only &&
      (request->time_in_force == BOURSE_IMMEDIATE_OR_CANCEL || request->time_in_force == BOURSE_FILL_OR_KILL))
    return kucoin_fail(call, "400100", "The postOnly does not go with this timeInForce.");
  return !stops || read_stop(call, terms, request, record);
}

/* --- Placing --- */

static int32_t is_late(kucoin_call *call, const cJSON *terms) {
  const char *at = kucoin_member(terms, "clientTimestamp"), *window = kucoin_member(terms, "allowMaxTimeWindow");
  if (at == NULL || window == NULL) return 0;
  return sim_clock_ns(call->s) / KUCOIN_MS - strtoll(at, NULL, 10) > strtoll(window, NULL, 10);
}

kucoin_record *kucoin_place(kucoin_call *call, const cJSON *terms, int32_t stops, int32_t test) {
  sim *s = call->s;
  sim_records *records = &kucoin_of(s)->records;
  const char *client_id = kucoin_member(terms, "clientOid");
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  char engine_id[PAPER_CLIENT_ID_SIZE];
  int32_t market = kucoin_spot_market(call, kucoin_member(terms, "symbol"));
  if (market < 0 || !kucoin_may_use_client_id(call, client_id, 0, 0)) return NULL;
  if (sim_fault(s, "maintenance", "spot")) {
    (void)kucoin_fail(call, "200001", "Order creation for this pair suspended");
    return NULL;
  }
  if (is_late(call, terms)) {
    (void)kucoin_fail(call, "400100", "The order is beyond its time window.");
    return NULL;
  }
  kucoin_record *record = kucoin_record_new(s, call->account->account, (uint32_t)market);
  int32_t good = read_terms(call, terms, stops, &request, record);
  if (good) {
    sim_record_name(records, &record->base, client_id == NULL ? "" : client_id);
    (void)sim_engine_client_id(engine_id, "", record->base.client_id);
    if (engine_id[0] != '\0') request.client_order_id = engine_id;
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

static cJSON *placed_json(const kucoin_record *record) {
  char id[KUCOIN_ID_SIZE];
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "orderId", kucoin_now_id(id, record));
  cJSON_AddStringToObject(json, "clientOid", record->base.client_id);
  return json;
}

void kucoin_run_place(kucoin_call *call) {
  const kucoin_record *record = kucoin_place(call, call->body, 0, 0);
  if (record != NULL) call->data = placed_json(record);
}

void kucoin_run_place_sync(kucoin_call *call) {
  const kucoin_record *record = kucoin_place(call, call->body, 0, 0);
  const paper_order *order = record == NULL ? NULL : sim_record_order(call->s, &record->base);
  if (order != NULL) call->data = kucoin_sync_json(call->s, record, order);
}

static void run_test(kucoin_call *call) {
  const char *client_id = kucoin_member(call->body, "clientOid");
  (void)kucoin_place(call, call->body, 0, 1);
  if (call->code != NULL) return;
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "orderId", "000000000000000000000000");
  cJSON_AddStringToObject(call->data, "clientOid", client_id == NULL ? "" : client_id);
}

static void place_many(kucoin_call *call, int32_t sync) {
  const cJSON *list = cJSON_GetObjectItemCaseSensitive(call->body, "orderList"), *terms;
  int32_t count = cJSON_GetArraySize(list);
  if (!cJSON_IsArray(list) || count < 1 || count > BATCH_MAX) {
    (void)kucoin_fail(call, "400100", "The orderList has to have one to five orders.");
    return;
  }
  call->data = cJSON_CreateArray();
  cJSON_ArrayForEach(terms, list) {
    const kucoin_record *record = kucoin_place(call, terms, 0, 0);
    const paper_order *order = record == NULL ? NULL : sim_record_order(call->s, &record->base);
    cJSON *row = order == NULL ? cJSON_CreateObject()
                 : sync        ? kucoin_sync_json(call->s, record, order)
                               : placed_json(record);
    cJSON_AddBoolToObject(row, "success", order != NULL);
    if (order == NULL) cJSON_AddStringToObject(row, "failMsg", call->text);
    call->code = NULL;
    cJSON_AddItemToArray(call->data, row);
  }
}

static void run_many(kucoin_call *call) { place_many(call, 0); }
static void run_many_sync(kucoin_call *call) { place_many(call, 1); }

/* --- Changing: the order gets another id --- */

void kucoin_run_alter(kucoin_call *call) {
  sim *s = call->s;
  const char *id = kucoin_param(call, "orderId"), *client_id = kucoin_param(call, "clientOid"),
             *price = kucoin_param(call, "newPrice"), *size = kucoin_param(call, "newSize");
  int32_t market = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  char text[KUCOIN_ID_SIZE];
  if (market < 0) return;
  kucoin_record *record = id != NULL ? kucoin_record_named(s, call->account->account, id, NULL)
                                     : kucoin_by_client(s, call->account->account, client_id, market, 0);
  paper_order *order = record == NULL ? NULL : sim_record_order(s, &record->base);
  if (order == NULL || !bourse__paper_is_open(order) || record->base.market != (uint32_t)market ||
      order->type != BOURSE_ORDER_LIMIT || kucoin_waits(record, order)) {
    (void)kucoin_fail(call, "400100", "order_not_exist_or_not_allow_to_cancel");
    return;
  }
  if ((price == NULL && size == NULL) ||
      (price != NULL && (!sim_decimal(&request.price, price) || bourse_decimal_sign(&request.price) <= 0)) ||
      (size != NULL && (!sim_decimal(&request.amount, size) || bourse_decimal_sign(&request.amount) <= 0))) {
    (void)kucoin_fail(call, "400100", "The newPrice or the newSize is required.");
    return;
  }
  kucoin_past before = {order->price, order->amount, order->filled, sim_now_ns(s), order->cost_filled};
  int64_t amount = 0;
  if (size != NULL)
    (void)bourse__paper_units(&amount, &request.amount, kucoin_market(s, (uint32_t)market)->amount_scale);
  record->past = realloc(record->past, (record->version + 1) * sizeof *record->past);
  if (record->past == NULL) abort();
  record->past[record->version++] = before;
  if (amount != 0 && amount <= order->filled) { /* no more is wanted than there is */
    (void)sim_cancel(s, order);
  } else if (sim_edit(s, order, &request) != BOURSE_OK &&
             bourse__paper_error(sim_engine(s))->reason != PAPER_NO_CHANGE) {
    record->version--;
    (void)kucoin_refused(call, (uint32_t)market);
    return;
  }
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "newOrderId", kucoin_now_id(text, record));
  cJSON_AddStringToObject(call->data, "clientOid", record->base.client_id);
}

/* --- Ending --- */

uint32_t kucoin_cancel_all(sim *s, uint32_t account, int32_t market, int32_t waiting, cJSON *ids) {
  const sim_records *records = &kucoin_of(s)->records;
  char id[KUCOIN_ID_SIZE];
  uint32_t count = 0;
  for (uint32_t i = 0; i < records->count; i++) {
    kucoin_record *record = (kucoin_record *)records->items[i];
    paper_order *order = record->base.account == account && record->owner == NULL &&
                                 (market < 0 || record->base.market == (uint32_t)market)
                             ? sim_record_order(s, &record->base)
                             : NULL;
    if (order == NULL || !bourse__paper_is_open(order) || order->status == BOURSE_ORDER_PENDING) continue;
    int32_t waits = kucoin_is_futures(record->base.market) ? order->trigger_kind != PAPER_TRIGGER_NONE && !order->fired
                                                           : record->kind == KUCOIN_OCO || kucoin_waits(record, order);
    if (waits != waiting || record->kind == KUCOIN_OCO) continue;
    if (ids != NULL)
      cJSON_AddItemToArray(ids, cJSON_CreateString(waits && !kucoin_is_futures(record->base.market)
                                                       ? kucoin_order_id(id, record, UINT32_MAX)
                                                       : kucoin_now_id(id, record)));
    if (sim_cancel(s, order) == BOURSE_OK) count++;
  }
  return count;
}

static paper_order *open_one(kucoin_call *call, const char *id, const char *client_id, kucoin_record **out) {
  sim *s = call->s;
  int32_t market = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  if (market < 0) return NULL;
  *out = id != NULL ? kucoin_record_named(s, call->account->account, id, NULL)
                    : kucoin_by_client(s, call->account->account, client_id, market, 0);
  paper_order *order = *out == NULL ? NULL : sim_record_order(s, &(*out)->base);
  if (order != NULL && (*out)->base.market == (uint32_t)market && bourse__paper_is_open(order) &&
      !kucoin_waits(*out, order))
    return order;
  (void)kucoin_fail(call, "400100", "order_not_exist_or_not_allow_to_cancel");
  return NULL;
}

void kucoin_run_cancel_named(kucoin_call *call, const char *id, const char *client_id, int32_t sync) {
  kucoin_record *record;
  paper_order *order = open_one(call, id, client_id, &record);
  char text[KUCOIN_ID_SIZE];
  if (order == NULL) return;
  kucoin_now_id(text, record);
  (void)sim_cancel(call->s, order);
  order = sim_record_order(call->s, &record->base);
  if (sync && order != NULL) {
    call->data = kucoin_sync_json(call->s, record, order);
    return;
  }
  call->data = cJSON_CreateObject();
  if (id != NULL)
    cJSON_AddStringToObject(call->data, "orderId", text);
  else
    cJSON_AddStringToObject(call->data, "clientOid", client_id);
}

static void run_cancel(kucoin_call *call) { kucoin_run_cancel_named(call, call->parts[0], NULL, 0); }
static void run_cancel_client(kucoin_call *call) { kucoin_run_cancel_named(call, NULL, call->parts[0], 0); }
static void run_cancel_sync(kucoin_call *call) { kucoin_run_cancel_named(call, call->parts[0], NULL, 1); }
static void run_cancel_client_sync(kucoin_call *call) { kucoin_run_cancel_named(call, NULL, call->parts[0], 1); }

/* A part of it goes; its place in the queue stays. */
static void run_cancel_part(kucoin_call *call) {
  kucoin_record *record;
  paper_order *order = open_one(call, call->parts[0], NULL, &record);
  const char *size = kucoin_param(call, "cancelSize");
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  bourse_decimal part, whole;
  if (order == NULL) return;
  const paper_market *market = kucoin_market(call->s, record->base.market);
  whole = bourse__paper_decimal(order->amount, market->amount_scale);
  if (!sim_decimal(&part, size) || bourse_decimal_sign(&part) <= 0 ||
      bourse_decimal_sub(&request.amount, &whole, &part) != BOURSE_OK ||
      sim_edit(call->s, order, &request) != BOURSE_OK) {
    (void)kucoin_fail(call, "400100", "The cancelSize is invalid.");
    return;
  }
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "orderId", call->parts[0]);
  cJSON_AddStringToObject(call->data, "cancelSize", size);
}

static void run_cancel_symbol(kucoin_call *call) {
  int32_t market = kucoin_spot_market(call, kucoin_param(call, "symbol"));
  if (market < 0) return;
  (void)kucoin_cancel_all(call->s, call->account->account, market, 0, NULL);
  call->data = cJSON_CreateString("success");
}

static void run_cancel_all(kucoin_call *call) {
  cJSON *json = call->data = cJSON_CreateObject(), *done = cJSON_AddArrayToObject(json, "succeedSymbols");
  cJSON_AddArrayToObject(json, "failedSymbols");
  for (int32_t m = 0; m < KUCOIN_SPOT_MARKETS; m++)
    if (kucoin_cancel_all(call->s, call->account->account, m, 0, NULL) > 0)
      cJSON_AddItemToArray(done, cJSON_CreateString(kucoin_rows[m].id));
}

/* --- The dead man's switch --- */

int32_t kucoin_set_timer(kucoin_call *call, const char *symbols) {
  kucoin_state *state = kucoin_of(call->s);
  int64_t timeout = kucoin_whole(call, "timeout", 0);
  uint32_t account = call->account->account % KUCOIN_ACCOUNTS;
  if (timeout != -1 && (timeout < 5 || timeout > 86400)) return kucoin_fail(call, "400100", "The timeout is invalid.");
  state->timers[account] = timeout < 0 ? 0 : sim_now_ns(call->s) + timeout * KUCOIN_SECOND;
  state->timeouts[account] = timeout;
  (void)snprintf(state->timer_symbols[account], sizeof state->timer_symbols[account], "%s",
                 symbols == NULL ? "" : symbols);
  return 1;
}

static void run_dead_man(kucoin_call *call) {
  int64_t timeout = kucoin_whole(call, "timeout", 0), now = sim_clock_ns(call->s) / KUCOIN_SECOND;
  if (!kucoin_set_timer(call, kucoin_param(call, "symbols"))) return;
  call->data = cJSON_CreateObject();
  sim_json_add_integer(call->data, "currentTime", now);
  sim_json_add_integer(call->data, "triggerTime", timeout < 0 ? 0 : now + timeout);
}

static void run_dead_man_query(kucoin_call *call) {
  const kucoin_state *state = kucoin_of(call->s);
  uint32_t account = call->account->account % KUCOIN_ACCOUNTS;
  if (state->timers[account] == 0) return;
  call->data = cJSON_CreateObject();
  sim_json_add_integer(call->data, "timeout", state->timeouts[account]);
  cJSON_AddStringToObject(call->data, "symbols", state->timer_symbols[account]);
  sim_json_add_integer(call->data, "currentTime", sim_clock_ns(call->s) / KUCOIN_SECOND);
  sim_json_add_integer(call->data, "triggerTime", (state->timers[account] + sim_skew_ns(call->s)) / KUCOIN_SECOND);
}

#define HF "/api/v1/hf/orders"

const kucoin_row kucoin_order_rows[] = {
    {"POST", HF, KUCOIN_TRADE, POOL_SPOT, 1, kucoin_run_place},
    {"POST", HF "/sync", KUCOIN_TRADE, POOL_SPOT, 1, kucoin_run_place_sync},
    {"POST", HF "/test", KUCOIN_TRADE, POOL_SPOT, 1, run_test},
    {"POST", HF "/multi", KUCOIN_TRADE, POOL_SPOT, 1, run_many},
    {"POST", HF "/multi/sync", KUCOIN_TRADE, POOL_SPOT, 1, run_many_sync},
    {"POST", HF "/alter", KUCOIN_TRADE, POOL_SPOT, 1, kucoin_run_alter},
    {"POST", HF "/dead-cancel-all", KUCOIN_TRADE, POOL_SPOT, 2, run_dead_man},
    {"GET", HF "/dead-cancel-all/query", KUCOIN_VIEW, POOL_SPOT, 2, run_dead_man_query},
    {"DELETE", HF "/client-order/*", KUCOIN_TRADE, POOL_SPOT, 1, run_cancel_client},
    {"DELETE", HF "/sync/client-order/*", KUCOIN_TRADE, POOL_SPOT, 1, run_cancel_client_sync},
    {"DELETE", HF "/sync/*", KUCOIN_TRADE, POOL_SPOT, 1, run_cancel_sync},
    {"DELETE", HF "/cancel/*", KUCOIN_TRADE, POOL_SPOT, 2, run_cancel_part},
    {"DELETE", HF "/cancelAll", KUCOIN_TRADE, POOL_SPOT, 30, run_cancel_all},
    {"DELETE", HF "/*", KUCOIN_TRADE, POOL_SPOT, 1, run_cancel},
    {"DELETE", HF, KUCOIN_TRADE, POOL_SPOT, 2, run_cancel_symbol},
    {NULL, NULL, 0, 0, 0, NULL},
};
