/* sim/kraken_futures_orders.c - placing, changing and canceling orders of futures: "Order Management" of docs.kraken.com's
 * Derivatives REST API. A refused order is told by its status; HTTP and `result` say success. */
#include <strings.h>

#include "kraken.h"
#include "records.h"

/* Members of a request, or of one object of a batch. */
typedef struct futures_params {
  const sim_request *request;
  const cJSON *item;
} futures_params;

static const char *param(const futures_params *params, const char *name) {
  const char *text;
  if (params->item == NULL) {
    text = sim_param(params->request, name);
  } else {
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(params->item, name);
    text = cJSON_IsBool(member) ? (cJSON_IsTrue(member) ? "true" : "false") : sim_json_item_text(member);
  }
  return text == NULL || text[0] == '\0' ? NULL : text;
}

/* --- Orders as events show them --- */

int32_t kraken_futures_waits(const paper_order *order) {
  return order->trigger_kind != PAPER_TRIGGER_NONE && !order->fired;
}

static const char *type_of(sim *s, const paper_order *order) {
  const kraken_record *record = kraken_record_of(s, order->id);
  if (record != NULL && strcmp(record->type, "limit") != 0 && record->type[0] != '\0') return record->type;
  return order->type == BOURSE_ORDER_LIMIT ? "lmt" : "mkt";
}

static void add_client(sim *s, cJSON *out, const char *name, uint64_t id) {
  const kraken_record *record = kraken_record_of(s, id);
  if (record != NULL && record->client_id[0] != '\0')
    cJSON_AddStringToObject(out, name, record->client_id);
  else
    cJSON_AddNullToObject(out, name);
}

cJSON *kraken_futures_order(sim *s, const paper_order *order, int64_t filled) {
  char id[KRAKEN_ID_SIZE];
  cJSON *out = cJSON_CreateObject();
  cJSON_AddStringToObject(out, "orderId", sim_uuid(id, order->id));
  add_client(s, out, "cliOrdId", order->id);
  cJSON_AddStringToObject(out, "type", type_of(s, order));
  cJSON_AddStringToObject(out, "symbol", kraken_pairs[order->market].id);
  cJSON_AddStringToObject(out, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  kraken_futures_add_amount(out, "quantity", s, order->market, order->amount);
  kraken_futures_add_amount(out, "filled", s, order->market, filled);
  if (order->price != 0) kraken_futures_add_price(out, "limitPrice", s, order->market, order->price);
  if (order->trigger_price != 0) kraken_futures_add_price(out, "stopPrice", s, order->market, order->trigger_price);
  cJSON_AddBoolToObject(out, "reduceOnly", order->reduce_only);
  kraken_add_iso(out, "timestamp", s, order->created_ns);
  kraken_add_iso(out, "lastUpdateTimestamp", s, order->updated_ns);
  return out;
}

cJSON *kraken_futures_trigger(sim *s, const paper_order *order) {
  char id[KRAKEN_ID_SIZE], signal[24];
  const kraken_record *record = kraken_record_of(s, order->id);
  cJSON *out = cJSON_CreateObject();
  cJSON_AddStringToObject(out, "uid", sim_uuid(id, order->id));
  add_client(s, out, "clientId", order->id);
  cJSON_AddStringToObject(out, "type", type_of(s, order));
  cJSON_AddStringToObject(out, "symbol", kraken_pairs[order->market].id);
  cJSON_AddStringToObject(out, "side", order->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  kraken_futures_add_amount(out, "quantity", s, order->market, order->amount);
  if (order->price != 0) kraken_futures_add_price(out, "limitPrice", s, order->market, order->price);
  if (order->trigger_kind == PAPER_TRAILING) {
    cJSON *options = cJSON_AddObjectToObject(out, "trailingStopOptions");
    if (order->trail_amount != 0)
      kraken_futures_add_price(options, "maxDeviation", s, order->market, order->trail_amount);
    else
      kraken_add_units(options, "maxDeviation", order->trail_millionths, 6, -1);
    cJSON_AddStringToObject(options, "unit", order->trail_amount != 0 ? "QUOTE_CURRENCY" : "PERCENT");
  }
  if (order->trigger_price != 0) kraken_futures_add_price(out, "triggerPrice", s, order->market, order->trigger_price);
  cJSON_AddStringToObject(out, "triggerSide",
                          order->trigger_direction == BOURSE_TRIGGER_RISE ? "trigger_above" : "trigger_below");
  (void)snprintf(signal, sizeof signal, "%s_price",
                 record == NULL || record->signal[0] == '\0' ? "last" : record->signal);
  cJSON_AddStringToObject(out, "triggerSignal", signal);
  cJSON_AddBoolToObject(out, "reduceOnly", order->reduce_only);
  kraken_add_iso(out, "timestamp", s, order->created_ns);
  kraken_add_iso(out, "lastUpdateTimestamp", s, order->updated_ns);
  return out;
}

/* --- Events of an answer --- */

/* The fills of the order since it had so many. */
static int64_t add_executions(sim *s, cJSON *events, const paper_order *order, uint32_t before, int64_t filled) {
  const paper_ring *fills = &kraken_account(s, order->account)->fills;
  uint32_t seen = 0;
  for (uint32_t i = 0; i < fills->count; i++) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    char id[KRAKEN_ID_SIZE];
    if (fill->order_id != order->id || seen++ < before) continue;
    cJSON *event = cJSON_CreateObject();
    cJSON_AddStringToObject(event, "type", "EXECUTION");
    cJSON_AddStringToObject(event, "executionId", sim_uuid(id, fill->id));
    kraken_futures_add_price(event, "price", s, fill->market, fill->price);
    kraken_futures_add_amount(event, "amount", s, fill->market, fill->amount);
    cJSON_AddNullToObject(event, "orderPriorEdit");
    cJSON_AddItemToObject(event, "orderPriorExecution", kraken_futures_order(s, order, filled));
    cJSON_AddNullToObject(event, "takerReducedQuantity");
    cJSON_AddItemToArray(events, event);
    filled += fill->amount;
  }
  return filled;
}

static void add_place(sim *s, cJSON *events, const paper_order *order) {
  cJSON *event = cJSON_CreateObject();
  int32_t waits = kraken_futures_waits(order);
  cJSON_AddStringToObject(event, "type", "PLACE");
  cJSON_AddItemToObject(event, waits ? "orderTrigger" : "order",
                        waits ? kraken_futures_trigger(s, order) : kraken_futures_order(s, order, order->filled));
  cJSON_AddNullToObject(event, "reducedQuantity");
  cJSON_AddItemToArray(events, event);
}

static void add_cancel(sim *s, cJSON *events, const paper_order *order) {
  char id[KRAKEN_ID_SIZE];
  cJSON *event = cJSON_CreateObject();
  cJSON_AddStringToObject(event, "type", "CANCEL");
  cJSON_AddStringToObject(event, "uid", sim_uuid(id, order->id));
  cJSON_AddItemToObject(event, "order", kraken_futures_order(s, order, order->filled));
  cJSON_AddItemToArray(events, event);
}

static void add_reject(cJSON *events, const char *id, const char *reason) {
  cJSON *event = cJSON_CreateObject();
  cJSON_AddStringToObject(event, "type", "REJECT");
  cJSON_AddStringToObject(event, "uid", id);
  cJSON_AddStringToObject(event, "reason", reason);
  cJSON_AddItemToArray(events, event);
}

static const char *refusal_of(int32_t reason, const char *type) {
  int32_t fok = strcmp(type, "fok") == 0;
  switch (reason) {
    case PAPER_NO_FUNDS: return "insufficientAvailableFunds";
    case PAPER_BAD_TICK:
    case PAPER_PRICE_RANGE: return "invalidPrice";
    case PAPER_BAD_STEP:
    case PAPER_AMOUNT_MIN:
    case PAPER_AMOUNT_MAX:
    case PAPER_COST_MIN:
    case PAPER_TOO_LARGE: return "invalidSize";
    case PAPER_WOULD_TAKE: return "postWouldExecute";
    case PAPER_UNFILLED:
    case PAPER_NO_LIQUIDITY: return fok ? "fokWouldNotExecute" : "iocWouldNotExecute";
    case PAPER_REDUCE_ONLY: return "wouldNotReducePosition";
    case PAPER_TOO_MANY: return "tooManyOrders";
    case PAPER_SELF_TRADE: return "selfFill";
    case PAPER_POSITION_LIMIT: return "maxPositionViolation";
    case PAPER_DUPLICATE: return "clientOrderIdAlreadyExist";
    case PAPER_UNKNOWN_ORDER: return "notFound";
    default: return "invalidOrderType";
  }
}

/* --- Placing --- */

enum { PLAIN, STOPS, GAINS, TRAILS };

static const struct {
  const char *word;
  int32_t limit, time_in_force, post_only, kind;
} types[] = {
    {"lmt", 1, BOURSE_GOOD_TILL_CANCELED, 0, PLAIN},
    {"post", 1, BOURSE_GOOD_TILL_CANCELED, 1, PLAIN},
    {"ioc", 1, BOURSE_IMMEDIATE_OR_CANCEL, 0, PLAIN},
    {"fok", 1, BOURSE_FILL_OR_KILL, 0, PLAIN},
    {"mkt", 0, 0, 0, PLAIN},
    {"stp", 0, 0, 0, STOPS},
    {"take_profit", 0, 0, 0, GAINS},
    {"trailing_stop", 0, 0, 0, TRAILS},
};
#define TYPES (sizeof types / sizeof types[0])

static int32_t read_trailing(const futures_params *params, bourse_order_request *request) {
  const char *deviation = param(params, "trailingStopMaxDeviation"), *unit = param(params, "trailingStopDeviationUnit");
  if (deviation == NULL || unit == NULL) return 0;
  return sim_decimal(strcasecmp(unit, "PERCENT") == 0 ? &request->trailing_percent : &request->trailing_amount,
                     deviation);
}

static int32_t read_signal(const futures_params *params, kraken_record *record, bourse_order_request *request) {
  static const char *const names[] = {"last", "mark", "index", "spot"};
  static const int32_t values[] = {BOURSE_PRICE_LAST, BOURSE_PRICE_MARK, BOURSE_PRICE_INDEX, BOURSE_PRICE_INDEX};
  const char *signal = param(params, "triggerSignal");
  if (signal == NULL) signal = "last";
  for (int32_t i = 0; i < 4; i++)
    if (strcmp(signal, names[i]) == 0) {
      request->trigger_by = values[i];
      (void)snprintf(record->signal, sizeof record->signal, "%s", signal);
      return 1;
    }
  return 0;
}

static const char *read_prices(const futures_params *params, size_t type, kraken_record *record,
                               bourse_order_request *request) {
  const char *limit = param(params, "limitPrice"), *stop = param(params, "stopPrice");
  int32_t kind = types[type].kind, is_limit = types[type].limit || ((kind == STOPS || kind == GAINS) && limit != NULL);
  request->type = is_limit ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  if (is_limit && (limit == NULL || !sim_decimal(&request->price, limit) || bourse_decimal_sign(&request->price) <= 0))
    return "invalidPrice";
  if (kind == PLAIN) return NULL;
  if (!read_signal(params, record, request)) return "invalidOrderType";
  if (kind == TRAILS) return read_trailing(params, request) ? NULL : "invalidPrice";
  bourse_decimal *trigger = kind == STOPS ? &request->stop_loss_price : &request->take_profit_price;
  return stop != NULL && sim_decimal(trigger, stop) && bourse_decimal_sign(trigger) > 0 ? NULL : "invalidPrice";
}

/* The order out of its words; the status of what is refused, or NULL. *error: what refuses the whole call. */
static const char *read_order(sim *s, const futures_params *params, kraken_record *record,
                              bourse_order_request *request, const char **error) {
  const char *word = param(params, "orderType"), *side = param(params, "side"), *size = param(params, "size"),
             *client_id = param(params, "cliOrdId"), *before = param(params, "processBefore"),
             *reduces = param(params, "reduceOnly");
  size_t type = 0;
  while (type < TYPES && (word == NULL || strcmp(types[type].word, word) != 0)) type++;
  if (word == NULL || side == NULL || size == NULL) *error = "requiredArgumentMissing";
  if (*error != NULL) return NULL;
  if (type == TYPES) return "invalidOrderType";
  record->type = types[type].word;
  request->side = strcmp(side, "buy") == 0 ? BOURSE_SIDE_BUY : strcmp(side, "sell") == 0 ? BOURSE_SIDE_SELL : 0;
  if (request->side == 0) return "invalidSide";
  if (!sim_decimal(&request->amount, size) || bourse_decimal_sign(&request->amount) <= 0) return "invalidSize";
  request->time_in_force = types[type].time_in_force;
  request->post_only = types[type].post_only ? BOURSE_YES : BOURSE_NO;
  request->reduce_only = reduces != NULL && strcmp(reduces, "true") == 0 ? BOURSE_YES : BOURSE_NO;
  request->self_trade = BOURSE_SELF_TRADE_CANCEL_TAKER;
  if (client_id != NULL) {
    if (strlen(client_id) > 100) return "clientOrderIdTooLong";
    if (kraken_by_client(s, record->account, client_id, 1) != NULL) return "clientOrderIdAlreadyExist";
    (void)snprintf(record->client_id, sizeof record->client_id, "%s", client_id);
  }
  const char *refused = read_prices(params, type, record, request);
  if (refused != NULL) return refused;
  if (before != NULL && sim_iso_read(before) < 0) *error = "invalidArgument: processBefore";
  if (before != NULL && sim_iso_read(before) < sim_clock_ns(s)) return "wouldProcessAfterSpecifiedTime";
  return sim_fault(s, "maintenance", "futures") ? "marketSuspended" : NULL;
}

static void tell_refused(sim *s, cJSON *out, const char *status) {
  char id[KRAKEN_ID_SIZE];
  cJSON_AddStringToObject(out, "status", status);
  cJSON *events = cJSON_AddArrayToObject(out, "orderEvents");
  if (strstr(status, "Would") == NULL) return;
  sim_uuid(id, sim_next_number(s));
  cJSON_AddStringToObject(out, "order_id", id);
  add_reject(events, id,
             strcmp(status, "postWouldExecute") == 0     ? "POST_WOULD_EXECUTE"
             : strcmp(status, "iocWouldNotExecute") == 0 ? "IOC_WOULD_NOT_EXECUTE"
                                                         : status);
}

static void tell_sent(sim *s, cJSON *out, const kraken_record *record, const paper_order *order) {
  char id[KRAKEN_ID_SIZE];
  int32_t open = bourse__paper_is_open(order);
  cJSON_AddStringToObject(out, "order_id", sim_uuid(id, record->id));
  if (record->client_id[0] != '\0') cJSON_AddStringToObject(out, "cliOrdId", record->client_id);
  cJSON_AddStringToObject(out, "status", "placed");
  cJSON *events = cJSON_AddArrayToObject(out, "orderEvents");
  (void)add_executions(s, events, order, 0, 0);
  if (open) add_place(s, events, order);
}

/* The error that refuses the call, or NULL with the status in `out`. */
static const char *send_order(sim *s, const sim_account *who, const futures_params *params, cJSON *out) {
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  kraken_state *state = kraken_of(s);
  char client_id[PAPER_CLIENT_ID_SIZE];
  const char *symbol = param(params, "symbol"), *error = NULL;
  int32_t market = kraken_product_named(symbol);
  paper_order *order = NULL;
  if (symbol == NULL) return "requiredArgumentMissing";
  if (market < 0) return "contractNotFound";
  kraken_record *record = kraken_record_new(s, who->account, (uint32_t)market);
  const char *refused = read_order(s, params, record, &request, &error);
  if (error != NULL || refused != NULL) {
    kraken_record_drop(s, record);
    if (error == NULL) tell_refused(s, out, refused);
    return error;
  }
  (void)sim_engine_client_id(client_id, "f:", record->client_id);
  if (client_id[0] != '\0') request.client_order_id = client_id;
  state->placing = record;
  int32_t code = sim_submit(s, &order, who->account, (uint32_t)market, &request);
  state->placing = NULL;
  if (code != BOURSE_OK) {
    refused = refusal_of(bourse__paper_error(sim_engine(s))->reason, record->type);
    kraken_record_drop(s, record);
    tell_refused(s, out, refused);
    return NULL;
  }
  if (record->id == 0) kraken_record_bind(s, record, order->id);
  order = kraken_order(s, record);
  if (order == NULL || (!bourse__paper_is_open(order) && order->filled == 0))
    tell_refused(s, out, refusal_of(order == NULL ? PAPER_UNFILLED : order->reason, record->type));
  else
    tell_sent(s, out, record, order);
  return NULL;
}

/* --- Finding --- */

static kraken_record *find(sim *s, const sim_account *who, const char *id, const char *client_id) {
  kraken_record *record =
      id != NULL ? kraken_record_of(s, sim_uuid_number(id)) : kraken_by_client(s, who->account, client_id, 1);
  return record != NULL && record->account == who->account && kraken_is_futures(record->market) ? record : NULL;
}

/* --- Changing --- */

static const char *read_edit(sim *s, const futures_params *params, const paper_order *order, kraken_record *record,
                             bourse_order_request *request) {
  const char *size = param(params, "size"), *limit = param(params, "limitPrice"), *stop = param(params, "stopPrice"),
             *mode = param(params, "qtyMode");
  if (size != NULL && (!sim_decimal(&request->amount, size) || bourse_decimal_sign(&request->amount) <= 0))
    return "invalidSize";
  /* Relative sizes are what shall be left, absolute ones what there shall be together with what is filled. */
  if (size != NULL && (mode == NULL || strcmp(mode, "ABSOLUTE") != 0)) {
    bourse_decimal filled = bourse__paper_decimal(order->filled, kraken_market(s, order->market)->amount_scale);
    (void)bourse_decimal_add(&request->amount, &request->amount, &filled);
  }
  if (limit != NULL && (order->type != BOURSE_ORDER_LIMIT || !sim_decimal(&request->price, limit)))
    return "invalidPrice";
  if (param(params, "trailingStopMaxDeviation") != NULL && !read_trailing(params, request)) return "invalidPrice";
  if (stop == NULL) return NULL;
  if (!kraken_futures_waits(order) || order->trigger_kind == PAPER_TRAILING) return "orderForEditNotAStop";
  bourse_decimal *trigger =
      order->trigger_kind == PAPER_STOP_LOSS ? &request->stop_loss_price : &request->take_profit_price;
  if (param(params, "triggerSignal") != NULL && !read_signal(params, record, request)) return "invalidOrderType";
  if (request->trigger_by == 0) request->trigger_by = order->trigger_by;
  return sim_decimal(trigger, stop) ? NULL : "invalidPrice";
}

static const char *edit_order(sim *s, const sim_account *who, const futures_params *params, cJSON *out) {
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  const char *id = param(params, "orderId") != NULL ? param(params, "orderId") : param(params, "order_id"),
             *client_id = param(params, "cliOrdId"), *before_text = param(params, "processBefore");
  char uuid[KRAKEN_ID_SIZE];
  if (id == NULL && client_id == NULL) return "requiredArgumentMissing";
  kraken_record *record = find(s, who, id, client_id);
  paper_order *order = record == NULL ? NULL : kraken_order(s, record), before;
  const char *refused = NULL;
  if (order == NULL || !bourse__paper_is_open(order))
    refused = "orderForEditNotFound";
  else if (before_text != NULL && sim_iso_read(before_text) < sim_clock_ns(s))
    refused = "wouldProcessAfterSpecifiedTime";
  else
    refused = read_edit(s, params, order, record, &request);
  if (refused != NULL) {
    cJSON_AddStringToObject(out, "status", refused);
    if (record != NULL) cJSON_AddStringToObject(out, "orderId", sim_uuid(uuid, record->id));
    cJSON_AddArrayToObject(out, "orderEvents");
    return NULL;
  }
  before = *order;
  record->amended = 1;
  int32_t code = sim_edit(s, order, &request),
          reason = code == BOURSE_OK ? 0 : bourse__paper_error(sim_engine(s))->reason;
  record->amended = 0;
  cJSON_AddStringToObject(out, "orderId", sim_uuid(uuid, record->id));
  cJSON_AddStringToObject(out, "order_id", uuid);
  if (record->client_id[0] != '\0') cJSON_AddStringToObject(out, "cliOrdId", record->client_id);
  if (code != BOURSE_OK && reason != PAPER_NO_CHANGE) {
    cJSON_AddStringToObject(out, "status", refusal_of(reason, record->type));
    cJSON_AddArrayToObject(out, "orderEvents");
    return NULL;
  }
  cJSON_AddStringToObject(out, "status", "edited");
  cJSON *events = cJSON_AddArrayToObject(out, "orderEvents"), *event = cJSON_CreateObject();
  const paper_order *now = kraken_order(s, record);
  cJSON_AddStringToObject(event, "type", "EDIT");
  cJSON_AddItemToObject(event, "old", kraken_futures_order(s, &before, before.filled));
  cJSON_AddItemToObject(event, "new", kraken_futures_order(s, now, before.filled));
  cJSON_AddNullToObject(event, "reducedQuantity");
  cJSON_AddItemToArray(events, event);
  (void)add_executions(s, events, now, before.fill_count, before.filled);
  return NULL;
}

/* --- Canceling --- */

static const char *cancel_order(sim *s, const sim_account *who, const futures_params *params, cJSON *out) {
  const char *id = param(params, "order_id") != NULL ? param(params, "order_id") : param(params, "orderId"),
             *client_id = param(params, "cliOrdId"), *before = param(params, "processBefore");
  char uuid[KRAKEN_ID_SIZE];
  if (id == NULL && client_id == NULL) return "requiredArgumentMissing";
  kraken_record *record = find(s, who, id, client_id);
  paper_order *order = record == NULL ? NULL : kraken_order(s, record);
  int32_t open = order != NULL && bourse__paper_is_open(order);
  const char *status = open                                                    ? "cancelled"
                       : order != NULL && order->status == BOURSE_ORDER_FILLED ? "filled"
                                                                               : "notFound";
  if (before != NULL && sim_iso_read(before) < sim_clock_ns(s)) status = "wouldProcessAfterSpecifiedTime";
  if (record != NULL) cJSON_AddStringToObject(out, "order_id", sim_uuid(uuid, record->id));
  if (record != NULL && record->client_id[0] != '\0') cJSON_AddStringToObject(out, "cliOrdId", record->client_id);
  cJSON_AddStringToObject(out, "status", status);
  cJSON *events = cJSON_AddArrayToObject(out, "orderEvents");
  if (strcmp(status, "cancelled") != 0) return NULL;
  (void)kraken_cancel(s, order, "cancelled_by_user");
  const paper_order *gone = kraken_order(s, record);
  if (gone != NULL) add_cancel(s, events, gone);
  return NULL;
}

static void cancel_all(sim *s, const sim_account *who, int32_t market, cJSON *out) {
  kraken_state *state = kraken_of(s);
  cJSON *status = cJSON_AddObjectToObject(out, "cancelStatus");
  kraken_add_iso(status, "receivedTime", s, sim_now_ns(s));
  cJSON_AddStringToObject(status, "cancelOnly", market < 0 ? "all" : kraken_pairs[market].id);
  cJSON *ids = cJSON_CreateArray(), *events = cJSON_CreateArray();
  uint32_t count = 0, records = state->record_count;
  for (uint32_t i = 0; i < records; i++) {
    kraken_record *record = state->records[i];
    char id[KRAKEN_ID_SIZE];
    if (record->account != who->account || !kraken_is_futures(record->market) ||
        (market >= 0 && record->market != (uint32_t)market))
      continue;
    paper_order *order = kraken_order(s, record);
    if (order == NULL || !bourse__paper_is_open(order)) continue;
    (void)kraken_cancel(s, order, "cancelled_by_user");
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "order_id", sim_uuid(id, record->id));
    if (record->client_id[0] != '\0') cJSON_AddStringToObject(row, "cliOrdId", record->client_id);
    cJSON_AddItemToArray(ids, row);
    order = kraken_order(s, record);
    if (order != NULL) add_cancel(s, events, order);
    count++;
  }
  cJSON_AddStringToObject(status, "status", count > 0 ? "cancelled" : "noOrdersToCancel");
  cJSON_AddItemToObject(status, "cancelledOrders", ids);
  cJSON_AddItemToObject(status, "orderEvents", events);
}

static const char *cancel_after(sim *s, const sim_account *who, const sim_request *request, cJSON *out) {
  const char *text = sim_param(request, "timeout");
  if (text == NULL) return "requiredArgumentMissing";
  if (strspn(text, "0123456789") != strlen(text) || strlen(text) > 9) return "invalidArgument: timeout";
  int64_t seconds = strtoll(text, NULL, 10), due_ns = seconds == 0 ? 0 : sim_now_ns(s) + seconds * KRAKEN_SECOND;
  if (who->account < KRAKEN_ACCOUNTS) kraken_of(s)->timers[1][who->account] = due_ns;
  cJSON *status = cJSON_AddObjectToObject(out, "status");
  kraken_add_iso(status, "currentTime", s, sim_now_ns(s));
  if (seconds == 0)
    cJSON_AddStringToObject(status, "triggerTime", "0");
  else
    kraken_add_iso(status, "triggerTime", s, due_ns);
  return NULL;
}

/* --- Several --- */

static const char *one_of_batch(sim *s, const sim_account *who, const futures_params *params, cJSON *answer) {
  const char *word = param(params, "order"), *tag = param(params, "order_tag");
  if (word == NULL) return "requiredArgumentMissing";
  if (tag != NULL) cJSON_AddStringToObject(answer, "order_tag", tag);
  if (strcmp(word, "send") == 0) return send_order(s, who, params, answer);
  if (strcmp(word, "edit") == 0) return edit_order(s, who, params, answer);
  if (strcmp(word, "cancel") == 0) return cancel_order(s, who, params, answer);
  return "invalidArgument: order";
}

static const char *batch(sim *s, const sim_account *who, const sim_request *request, cJSON *out) {
  const char *text = sim_param(request, "json");
  if (text == NULL) return "requiredArgumentMissing";
  cJSON *json = sim_json_parse(text, strlen(text));
  const cJSON *list = cJSON_GetObjectItemCaseSensitive(json, "batchOrder"), *item;
  const char *error = cJSON_IsArray(list) ? NULL : "Json Parse Error";
  cJSON *answers = cJSON_AddArrayToObject(out, "batchStatus");
  cJSON_ArrayForEach(item, list) {
    const futures_params params = {request, item};
    cJSON *answer = cJSON_CreateObject();
    /* What would refuse a call of its own is the status of the one order here. */
    const char *refused = one_of_batch(s, who, &params, answer);
    if (refused != NULL)
      cJSON_AddStringToObject(answer, "status", strcmp(refused, "contractNotFound") == 0 ? "marketNotFound" : refused);
    kraken_add_iso(answer, "dateTimeReceived", s, sim_now_ns(s));
    cJSON_AddItemToArray(answers, answer);
  }
  cJSON_Delete(json);
  return error;
}

const char *kraken_futures_trade(sim *s, sim_account *who, const char *name, const sim_request *request, cJSON *out,
                                 int32_t *known) {
  static const struct {
    const char *name, *status;
    const char *(*call)(sim *s, const sim_account *who, const futures_params *params, cJSON *out);
  } calls[] = {{"sendorder", "sendStatus", send_order},
               {"editorder", "editStatus", edit_order},
               {"cancelorder", "cancelStatus", cancel_order}};
  static const char *const others[] = {"batchorder", "cancelallorders", "cancelallordersafter"};
  const futures_params params = {request, NULL};
  *known = 0;
  for (size_t i = 0; i < 3; i++) *known |= strcmp(name, calls[i].name) == 0 || strcmp(name, others[i]) == 0;
  if (!*known) return NULL;
  if (who->key.read_only) return "Not authorized";
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    if (strcmp(name, calls[i].name) != 0) continue;
    cJSON *status = cJSON_AddObjectToObject(out, calls[i].status);
    kraken_add_iso(status, "receivedTime", s, sim_now_ns(s));
    return calls[i].call(s, who, &params, status);
  }
  if (strcmp(name, "batchorder") == 0) return batch(s, who, request, out);
  if (strcmp(name, "cancelallordersafter") == 0) return cancel_after(s, who, request, out);
  const char *symbol = sim_param(request, "symbol");
  if (symbol != NULL && kraken_product_named(symbol) < 0) return "contractNotFound";
  cancel_all(s, who, kraken_product_named(symbol), out);
  return NULL;
}
