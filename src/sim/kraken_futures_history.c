/* sim/kraken_futures_history.c - the past of futures: what happened to orders and triggers, executions, the account's book.
 * Followed: docs.kraken.com "Derivatives REST API", History. Numbers are texts there, times milliseconds. */
#include "kraken.h"

#define MILLION     INT64_C(1000000)
#define PAGE_MAX    1000
#define KEPT_EVENTS 20000

/* --- What happened --- */

void kraken_happened(sim *s, int32_t kind, const paper_order *order, const paper_order *before, const char *reason) {
  kraken_state *state = kraken_of(s);
  if (state->happening_count == KEPT_EVENTS) { /* the older half is forgotten */
    memmove(state->happenings, state->happenings + KEPT_EVENTS / 2, KEPT_EVENTS / 2 * sizeof *state->happenings);
    state->happening_count = KEPT_EVENTS / 2;
  }
  if (state->happening_count == state->happening_capacity) {
    state->happening_capacity = state->happening_capacity == 0 ? 64 : state->happening_capacity * 2;
    kraken_happening *grown = realloc(state->happenings, state->happening_capacity * sizeof *grown);
    if (grown == NULL) abort();
    state->happenings = grown;
  }
  kraken_happening *event = &state->happenings[state->happening_count++];
  *event = (kraken_happening){.uid = ++state->pushed, .time_ns = sim_now_ns(s), .kind = kind, .order = *order};
  event->account = order->account;
  event->before = before != NULL ? *before : *order;
  (void)snprintf(event->reason, sizeof event->reason, "%s", reason);
}

/* --- Which part of it --- */

typedef struct span {
  int64_t since_ns, before_ns;
  uint32_t limit;
  int32_t up;
  uint64_t from; /* continuation: behind this one; 0: from the beginning */
  int32_t market;
} span;

static int64_t ms_param(const sim_request *request, const char *name, int64_t otherwise) {
  const char *text = sim_param(request, name);
  return text == NULL ? otherwise : strtoll(text, NULL, 10) * MILLION;
}

static span read_span(sim *s, const sim_request *request) {
  const char *count = sim_param(request, "count"), *sort = sim_param(request, "sort"),
             *token = sim_param(request, "continuation_token");
  if (token == NULL) token = sim_param(request, "continuationToken");
  span out = {ms_param(request, "since", 0) - sim_skew_ns(s),
              ms_param(request, "before", INT64_MAX / MILLION) - sim_skew_ns(s),
              count == NULL ? PAGE_MAX : (uint32_t)strtoul(count, NULL, 10),
              sort != NULL && strcmp(sort, "asc") == 0,
              token == NULL ? 0 : strtoull(token, NULL, 10),
              kraken_product_named(sim_param(request, "tradeable"))};
  if (sim_param(request, "before") == NULL) out.before_ns = INT64_MAX;
  if (out.limit == 0 || out.limit > PAGE_MAX) out.limit = PAGE_MAX;
  return out;
}

static int32_t is_within(const span *p, int64_t time_ns, uint64_t uid, uint32_t market) {
  if (p->market >= 0 && (uint32_t)p->market != market) return 0;
  if (time_ns / MILLION < p->since_ns / MILLION || time_ns >= p->before_ns) return 0;
  return p->from == 0 || (p->up ? uid > p->from : uid < p->from);
}

static void finish_page(cJSON *out, uint32_t count, const span *p, uint64_t last) {
  sim_json_add_integer(out, "len", count);
  if (count == p->limit) cJSON_AddStringToObject(out, "continuationToken", sim_units_text((int64_t)last, 0, 0));
}

/* --- Orders and triggers --- */

static const char *history_type(sim *s, const paper_order *order) {
  const kraken_record *record = kraken_record_of(s, order->id);
  static const char *const words[][2] = {{"lmt", "Limit"},
                                         {"post", "Post"},
                                         {"ioc", "IoC"},
                                         {"fok", "FillOrKill"},
                                         {"mkt", "Market"},
                                         {"stp", "Stop"},
                                         {"take_profit", "TakeProfit"},
                                         {"trailing_stop", "TrailingStop"}};
  for (size_t i = 0; record != NULL && i < sizeof words / sizeof words[0]; i++)
    if (strcmp(record->type, words[i][0]) == 0) return words[i][1];
  return order->type == BOURSE_ORDER_LIMIT ? "Limit" : "Market";
}

static void add_amount(sim *s, cJSON *out, const char *name, const paper_order *order, int64_t amount) {
  sim_json_add_units(out, name, amount, kraken_market(s, order->market)->amount_scale, -1);
}

static cJSON *order_row(sim *s, const paper_order *order, int32_t trigger) {
  char id[KRAKEN_ID_SIZE];
  const paper_market *market = kraken_market(s, order->market);
  const kraken_record *record = kraken_record_of(s, order->id);
  cJSON *out = cJSON_CreateObject();
  cJSON_AddStringToObject(out, "uid", sim_uuid(id, order->id));
  cJSON_AddStringToObject(out, "accountUid", sim_uuid(id, order->account));
  cJSON_AddStringToObject(out, "tradeable", kraken_pairs[order->market].id);
  cJSON_AddStringToObject(out, "direction", order->side == BOURSE_SIDE_BUY ? "Buy" : "Sell");
  add_amount(s, out, "quantity", order, order->amount);
  if (!trigger) add_amount(s, out, "filled", order, order->filled);
  kraken_futures_add_ms(out, "timestamp", s, order->created_ns);
  if (order->price != 0) sim_json_add_units(out, "limitPrice", order->price, market->price_scale, -1);
  cJSON_AddStringToObject(out, "orderType", history_type(s, order));
  cJSON_AddStringToObject(out, "clientId", record == NULL ? "" : record->client_id);
  cJSON_AddBoolToObject(out, "reduceOnly", order->reduce_only);
  kraken_futures_add_ms(out, "lastUpdateTimestamp", s, order->updated_ns);
  if (!trigger) return out;
  cJSON *options = cJSON_AddObjectToObject(out, "triggerOptions");
  sim_json_add_units(options, "triggerPrice", order->trigger_price, market->price_scale, -1);
  cJSON_AddStringToObject(options, "triggerSide",
                          order->trigger_direction == BOURSE_TRIGGER_RISE ? "trigger_above" : "trigger_below");
  cJSON_AddStringToObject(options, "triggerSignal",
                          order->trigger_by == BOURSE_PRICE_MARK    ? "MarkPrice"
                          : order->trigger_by == BOURSE_PRICE_INDEX ? "SpotPrice"
                                                                    : "LastPrice");
  return out;
}

static cJSON *event_row(sim *s, const kraken_happening *event, int32_t trigger) {
  static const char *const names[2][6] = {
      {NULL, "OrderPlaced", "OrderUpdated", "OrderCancelled", "OrderRejected", "OrderPlaced"},
      {NULL, "OrderTriggerPlaced", "OrderTriggerUpdated", "OrderTriggerCancelled", "OrderTriggerCancelled",
       "OrderTriggerActivated"}};
  static const char *const inside[2][2] = {{"oldOrder", "newOrder"}, {"oldOrderTrigger", "newOrderTrigger"}};
  char id[KRAKEN_ID_SIZE];
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "uid", sim_uuid(id, event->uid));
  kraken_futures_add_ms(row, "timestamp", s, event->time_ns);
  cJSON *details = cJSON_AddObjectToObject(cJSON_AddObjectToObject(row, "event"), names[trigger][event->kind]);
  int32_t changed = event->kind == HAPPENED_UPDATED || (trigger && event->kind == HAPPENED_FIRED);
  if (changed) {
    cJSON_AddItemToObject(details, inside[trigger][0], order_row(s, &event->before, trigger));
    cJSON_AddItemToObject(details, inside[trigger][1], order_row(s, &event->order, trigger));
  } else {
    cJSON_AddItemToObject(details, "order", order_row(s, &event->order, trigger));
  }
  cJSON_AddStringToObject(details, "reason", event->reason);
  cJSON_AddStringToObject(details, "reducedQuantity", "");
  return row;
}

/* A trigger that fired is an event of both lists: there it went, here an order came. */
static int32_t belongs(const kraken_happening *event, int32_t triggers) {
  if (event->kind == HAPPENED_FIRED) return 1;
  return kraken_futures_waits(&event->order) == triggers;
}

static const char *order_events(sim *s, const sim_account *who, const sim_request *request, cJSON *out,
                                int32_t triggers) {
  const kraken_state *state = kraken_of(s);
  span p = read_span(s, request);
  uint64_t last = 0;
  uint32_t count = 0;
  cJSON_AddStringToObject(out, "accountUid", "");
  cJSON *list = cJSON_AddArrayToObject(out, "elements");
  for (uint32_t i = 0; i < state->happening_count && count < p.limit; i++) {
    const kraken_happening *event = &state->happenings[p.up ? i : state->happening_count - 1 - i];
    if (event->account != who->account || !belongs(event, triggers) ||
        !is_within(&p, event->time_ns, event->uid, event->order.market))
      continue;
    cJSON_AddItemToArray(list, event_row(s, event, triggers));
    last = event->uid;
    count++;
  }
  finish_page(out, count, &p, last);
  return NULL;
}

/* --- Executions --- */

static cJSON *execution_row(sim *s, const paper_fill *fill) {
  char id[KRAKEN_ID_SIZE];
  const paper_market *market = kraken_market(s, fill->market);
  const kraken_record *record = kraken_record_of(s, fill->order_id);
  const paper_order *order = record == NULL ? NULL : kraken_order(s, record);
  cJSON *row = cJSON_CreateObject(), *inner;
  cJSON_AddStringToObject(row, "uid", sim_uuid(id, fill->id));
  kraken_futures_add_ms(row, "timestamp", s, fill->time_ns);
  inner =
      cJSON_AddObjectToObject(cJSON_AddObjectToObject(cJSON_AddObjectToObject(row, "event"), "execution"), "execution");
  cJSON_AddStringToObject(inner, "uid", id);
  if (order != NULL) {
    cJSON_AddItemToObject(inner, "order", order_row(s, order, 0));
  } else {
    cJSON *known = cJSON_AddObjectToObject(inner, "order");
    cJSON_AddStringToObject(known, "uid", sim_uuid(id, fill->order_id));
    cJSON_AddStringToObject(known, "tradeable", kraken_pairs[fill->market].id);
    cJSON_AddStringToObject(known, "direction", fill->side == BOURSE_SIDE_BUY ? "Buy" : "Sell");
  }
  kraken_futures_add_ms(inner, "timestamp", s, fill->time_ns);
  sim_json_add_units(inner, "quantity", fill->amount, market->amount_scale, -1);
  sim_json_add_units(inner, "price", fill->price, market->price_scale, -1);
  sim_json_add_units(inner, "markPrice", market->mark, market->price_scale, -1);
  cJSON_AddStringToObject(inner, "executionType", fill->role == BOURSE_MAKER ? "maker" : "taker");
  sim_json_add_money(inner, "usdValue", fill->cost, -1);
  cJSON *data = cJSON_AddObjectToObject(inner, "orderData");
  sim_json_add_money(data, "fee", fill->fee, -1);
  sim_json_add_money(data, "realizedPnl", fill->realized, -1);
  return row;
}

static const char *executions(sim *s, const sim_account *who, const sim_request *request, cJSON *out) {
  const paper_ring *fills = &kraken_account(s, who->account)->fills;
  span p = read_span(s, request);
  uint64_t last = 0;
  uint32_t count = 0;
  cJSON_AddStringToObject(out, "accountUid", "");
  cJSON *list = cJSON_AddArrayToObject(out, "elements");
  for (uint32_t i = 0; i < fills->count && count < p.limit; i++) {
    const paper_fill *fill = bourse__paper_ring_at(fills, p.up ? i : fills->count - 1 - i);
    if (!kraken_is_futures(fill->market) || !is_within(&p, fill->time_ns, fill->id, fill->market)) continue;
    cJSON_AddItemToArray(list, execution_row(s, fill));
    last = fill->id;
    count++;
  }
  finish_page(out, count, &p, last);
  return NULL;
}

/* --- The account's book --- */

static const char *info_of(const paper_ledger *entry) {
  if (strcmp(entry->kind, "transfer") == 0) return "cross-exchange transfer";
  if (strcmp(entry->kind, "insurance") == 0) return "futures liquidation";
  if (strcmp(entry->kind, "trade") == 0 || strcmp(entry->kind, "pnl") == 0 || strcmp(entry->kind, "fee") == 0)
    return "futures trade";
  return entry->kind;
}

static const char *account_log(sim *s, const sim_account *who, const sim_request *request, cJSON *out) {
  const paper_ring *ledger = &kraken_account(s, who->account)->ledger;
  const char *info = sim_param(request, "info"), *count_text = sim_param(request, "count");
  span p = read_span(s, request);
  const char *first = sim_param(request, "from"), *newest = sim_param(request, "to");
  int64_t from = first == NULL ? 0 : strtoll(first, NULL, 10),
          to = newest == NULL ? INT64_MAX : strtoll(newest, NULL, 10);
  uint32_t count = 0;
  if (count_text == NULL) p.limit = 500;
  cJSON_AddStringToObject(out, "accountUid", "");
  cJSON *list = cJSON_AddArrayToObject(out, "logs");
  for (uint32_t i = 0; i < ledger->count && count < p.limit; i++) {
    const paper_ledger *entry = bourse__paper_ring_at(ledger, p.up ? i : ledger->count - 1 - i);
    char id[KRAKEN_ID_SIZE], asset[8] = "";
    if (entry->wallet != 1 || (int64_t)entry->id < from || (int64_t)entry->id > to) continue;
    if (!is_within(&p, entry->time_ns, entry->id, entry->market)) continue;
    if (info != NULL && strcmp(info, info_of(entry)) != 0) continue;
    const char *code = bourse__paper_currency_code(sim_engine(s), entry->currency);
    for (size_t k = 0; k + 1 < sizeof asset && code[k] != '\0'; k++) asset[k] = (char)(code[k] | 32);
    cJSON *row = cJSON_CreateObject();
    sim_json_add_integer(row, "id", (int64_t)entry->id);
    kraken_add_iso(row, "date", s, entry->time_ns);
    cJSON_AddStringToObject(row, "asset", strcmp(asset, "btc") == 0 ? "xbt" : asset);
    cJSON_AddStringToObject(row, "contract", entry->market == UINT32_MAX ? "" : kraken_pairs[entry->market].id);
    cJSON_AddStringToObject(row, "info", info_of(entry));
    cJSON_AddStringToObject(row, "booking_uid", sim_uuid(id, entry->id));
    cJSON_AddStringToObject(row, "collateral", asset);
    kraken_add_money(row, "old_balance", entry->balance - entry->amount, -1);
    kraken_add_money(row, "new_balance", entry->balance, -1);
    if (strcmp(entry->kind, "fee") == 0) kraken_add_money(row, "fee", -entry->amount, -1);
    if (strcmp(entry->kind, "pnl") == 0) kraken_add_money(row, "realized_pnl", entry->amount, -1);
    cJSON_AddStringToObject(row, "execution", entry->reference == 0 ? "" : sim_uuid(id, entry->reference));
    cJSON_AddStringToObject(row, "margin_account", "flex");
    cJSON_AddItemToArray(list, row);
    count++;
  }
  return NULL;
}

const char *kraken_futures_history(sim *s, sim_account *who, const char *name, const sim_request *request, cJSON *out) {
  if (strcmp(name, "orders") == 0) return order_events(s, who, request, out, 0);
  if (strcmp(name, "triggers") == 0) return order_events(s, who, request, out, 1);
  if (strcmp(name, "executions") == 0) return executions(s, who, request, out);
  if (strcmp(name, "account-log") == 0) return account_log(s, who, request, out);
  if (strcmp(name, "positions") == 0) {
    cJSON_AddArrayToObject(out, "elements");
    sim_json_add_integer(out, "len", 0);
    return NULL;
  }
  return "notFound";
}
