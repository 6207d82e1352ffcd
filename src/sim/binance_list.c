/* sim/binance_list.c - lists of orders (OCO, OTO, OTOCO, OPO, OPOCO), and asking for orders, lists and fills. Follows
 * "Order lists" and "Account endpoints" of the exchange's spot documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binance.h"

/* --- Placing lists --- */

static int32_t begins(const char *text, const char *beginning) {
  return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Of a pair that sells, what is above takes profit and what is below stops a loss; the other way round for buying. */
static int32_t check_pair(binance_call *call, const binance_leg *above, const binance_leg *below) {
  int32_t sells = above->request.side == BOURSE_SIDE_SELL;
  const char *upper = binance_types[above->about.type], *lower = binance_types[below->about.type];
  const char *gains = sells ? upper : lower, *losses = sells ? lower : upper;
  if ((begins(gains, "LIMIT_MAKER") || begins(gains, "TAKE_PROFIT")) && begins(losses, "STOP_LOSS")) return 1;
  return binance_fail(call, 400, -1165, "The combination of aboveType and belowType is not supported.");
}

static void tell_list(binance_call *call, const paper_list *list) {
  cJSON *event = binance_list_event(call->s, list, 0);
  binance_tell(call->s, call->account->account, event);
}

static void submit(binance_call *call, int32_t kind, binance_leg *legs, uint32_t count) {
  sim *s = call->s;
  int32_t market = binance_symbol(call), how = BINANCE_AS_RESULT;
  const char *type = binance_param(call, "newOrderRespType"), *client_id = binance_param(call, "listClientOrderId");
  char random[BINANCE_ID_SIZE];
  const bourse_order_request *requests[PAPER_LIST_MAX];
  paper_list *list = NULL;
  if (market < 0) return;
  if (type != NULL) how = strcmp(type, "ACK") == 0 ? BINANCE_AS_ACK : strcmp(type, "FULL") == 0 ? BINANCE_AS_FULL : how;
  for (uint32_t i = 0; i < count; i++)
    if (!binance_check_filters(call, (uint32_t)market, &legs[i])) return;
  if (client_id == NULL) {
    binance_random_id(s, random);
    client_id = random;
  } else if (bourse__paper_find_list(sim_engine(s), call->account->account, 0, client_id) != NULL) {
    (void)binance_fail(call, 400, -2010, "Duplicate order sent.");
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    requests[i] = &legs[i].request;
    legs[i].request.client_order_id = legs[i].client_id;
    binance_expect(s, &legs[i], call->account->account);
  }
  int32_t code = sim_submit_list(s, &list, call->account->account, (uint32_t)market, kind, requests, count, client_id);
  binance_expected(s);
  if (code != BOURSE_OK || list == NULL) {
    (void)binance_refused(call);
    return;
  }
  tell_list(call, list);
  sim_reply_json(call->reply, binance_list_json(s, list, how));
}

static void run_oco(binance_call *call) {
  binance_leg legs[2];
  if (binance_read_leg(call, &legs[0], "above", "side", "quantity") &&
      binance_read_leg(call, &legs[1], "below", "side", "quantity") && check_pair(call, &legs[0], &legs[1]))
    submit(call, BOURSE_LIST_OCO, legs, 2);
}

/* The form of before: a limit order and a stop. */
static void run_old_oco(binance_call *call) {
  binance_leg limit, stop;
  bourse_decimal price;
  memset(&stop, 0, sizeof stop);
  if (binance_need(call, "price") == NULL || binance_need(call, "stopPrice") == NULL) return;
  sim_request *request = sim_request_new(call->request->connection, "POST", call->request->path);
  static const char *const names[][2] = {{"symbol", "symbol"},
                                         {"side", "side"},
                                         {"quantity", "quantity"},
                                         {"limitClientOrderId", "aboveClientOrderId"},
                                         {"price", "abovePrice"},
                                         {"stopClientOrderId", "belowClientOrderId"},
                                         {"stopPrice", "belowStopPrice"},
                                         {"stopLimitPrice", "belowPrice"},
                                         {"stopLimitTimeInForce", "belowTimeInForce"},
                                         {"limitIcebergQty", "aboveIcebergQty"},
                                         {"selfTradePreventionMode", "selfTradePreventionMode"},
                                         {"newOrderRespType", "newOrderRespType"},
                                         {"listClientOrderId", "listClientOrderId"}};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (binance_param(call, names[i][0]) != NULL)
      sim_request_add(request, names[i][1], binance_param(call, names[i][0]));
  sim_request_add(request, "aboveType", "LIMIT_MAKER");
  sim_request_add(request, "belowType",
                  binance_param(call, "stopLimitPrice") != NULL ? "STOP_LOSS_LIMIT" : "STOP_LOSS");
  const sim_request *original = call->request;
  call->request = request;
  if (binance_decimal(call, &price, "abovePrice") && binance_read_leg(call, &limit, "above", "side", "quantity") &&
      binance_read_leg(call, &stop, "below", "side", "quantity")) {
    binance_leg legs[2] = {limit, stop};
    submit(call, BOURSE_LIST_OCO, legs, 2);
  }
  call->request = original;
  sim_request_free(request);
}

static void run_oto(binance_call *call, int32_t kind, const char *quantity) {
  binance_leg legs[2];
  if (binance_read_leg(call, &legs[0], "working", "workingSide", "workingQuantity") &&
      binance_read_leg(call, &legs[1], "pending", "pendingSide", quantity))
    submit(call, kind, legs, 2);
}

static void run_otoco(binance_call *call, int32_t kind, const char *quantity) {
  binance_leg legs[3];
  if (binance_read_leg(call, &legs[0], "working", "workingSide", "workingQuantity") &&
      binance_read_leg(call, &legs[1], "pendingAbove", "pendingSide", quantity) &&
      binance_read_leg(call, &legs[2], "pendingBelow", "pendingSide", quantity) && check_pair(call, &legs[1], &legs[2]))
    submit(call, kind, legs, 3);
}

static void run_oto_sized(binance_call *call) { run_oto(call, BOURSE_LIST_OTO, "pendingQuantity"); }
static void run_otoco_sized(binance_call *call) { run_otoco(call, BOURSE_LIST_OTOCO, "pendingQuantity"); }
static void run_opo(binance_call *call) { run_oto(call, BOURSE_LIST_OPO, NULL); }
static void run_opoco(binance_call *call) { run_otoco(call, BOURSE_LIST_OPOCO, NULL); }

/* --- Lists that are there --- */

static paper_list *find_list(binance_call *call, const char *client_name) {
  int64_t id;
  const char *client_id = binance_param(call, client_name);
  if (!binance_whole(call, &id, "orderListId", -1)) return NULL;
  if (id < 0 && client_id == NULL) {
    (void)binance_fail(call, 400, -1102, "Param 'orderListId' or '%s' must be sent, but both were empty/null!",
                       client_name);
    return NULL;
  }
  return bourse__paper_find_list(sim_engine(call->s), call->account->account, id < 0 ? 0 : (uint64_t)id, client_id);
}

static paper_order *open_of(const paper_list *list) {
  for (uint32_t i = 0; list != NULL && i < list->count; i++)
    if (list->orders[i] != NULL && bourse__paper_is_open(list->orders[i])) return list->orders[i];
  return NULL;
}

static void run_cancel_list(binance_call *call) {
  int32_t market = binance_symbol(call);
  paper_list *list = market < 0 ? NULL : find_list(call, "listClientOrderId");
  paper_order *order = open_of(list);
  if (call->failed) return;
  if (order == NULL || (int32_t)list->market != market) {
    (void)binance_fail(call, 400, -2011, "Unknown order list sent.");
    return;
  }
  char id[BINANCE_ID_SIZE];
  binance_random_id(call->s, id);
  for (uint32_t i = 0; i < list->count; i++) {
    binance_order *about = list->orders[i] == NULL ? NULL : binance_order_of(call->s, list->orders[i]->id);
    if (about != NULL) memcpy(about->cancel_id, id, sizeof id);
  }
  (void)sim_cancel(call->s, order);
  sim_reply_json(call->reply, binance_list_json(call->s, list, BINANCE_AS_CANCEL));
}

static void run_list(binance_call *call) {
  const paper_list *list = find_list(call, "origClientOrderId");
  if (call->failed) return;
  if (list == NULL)
    (void)binance_fail(call, 400, -2018, "Order list does not exist.");
  else
    sim_reply_json(call->reply, binance_list_json(call->s, list, -1));
}

static void run_lists(binance_call *call) {
  int64_t from_id, start, end, limit;
  int32_t open = strstr(call->row->path, "openOrderList") != NULL;
  if (!binance_whole(call, &from_id, "fromId", -1) || !binance_when(call, &start, "startTime") ||
      !binance_when(call, &end, "endTime") || !binance_whole(call, &limit, "limit", 500))
    return;
  cJSON *json = cJSON_CreateArray();
  const paper_account *account = bourse__paper_account(sim_engine(call->s), call->account->account);
  for (const paper_list *list = account->first_list; list != NULL && limit > 0; list = list->next) {
    int64_t ms = list->created_ns / BINANCE_MS;
    if (list->market >= BINANCE_SPOT_MARKETS || (open && open_of(list) == NULL) ||
        (from_id >= 0 && (int64_t)list->id < from_id) || (start >= 0 && ms < start) || (end >= 0 && ms > end))
      continue;
    cJSON_AddItemToArray(json, binance_list_json(call->s, list, -1));
    limit--;
  }
  sim_reply_json(call->reply, json);
}

/* --- Orders --- */

static void run_order(binance_call *call) {
  int32_t market = binance_symbol(call);
  const binance_order *order = market < 0 ? NULL : binance_find_order(call, "orderId", "origClientOrderId", market);
  const paper_order *paper = order == NULL ? NULL : binance_paper_order(call->s, order);
  if (call->failed) return;
  if (paper == NULL)
    (void)binance_fail(call, 400, -2013, "Order does not exist.");
  else
    sim_reply_json(call->reply, binance_order_json(call->s, paper, BINANCE_AS_QUERY));
}

static int32_t weigh_open(const binance_call *call) { return binance_param(call, "symbol") != NULL ? 6 : 80; }

static void run_open(binance_call *call) {
  int32_t market = binance_param(call, "symbol") != NULL ? binance_symbol(call) : -1;
  if (call->failed) return;
  const binance_state *state = binance_state_of(call->s);
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = 0; i < state->order_count; i++) {
    const binance_order *order = &state->orders[i];
    if (order->account != call->account->account || order->market >= BINANCE_SPOT_MARKETS ||
        (market >= 0 && (int32_t)order->market != market))
      continue;
    const paper_order *paper = binance_paper_order(call->s, order);
    if (paper != NULL && bourse__paper_is_open(paper))
      cJSON_AddItemToArray(json, binance_order_json(call->s, paper, BINANCE_AS_QUERY));
  }
  sim_reply_json(call->reply, json);
}

typedef struct span {
  int64_t from_id, start, end, limit;
} span;

static int32_t read_span(binance_call *call, span *out, const char *id_name) {
  if (!binance_whole(call, &out->from_id, id_name, -1) || !binance_when(call, &out->start, "startTime") ||
      !binance_when(call, &out->end, "endTime") || !binance_whole(call, &out->limit, "limit", 500))
    return 0;
  if (out->limit > 1000) out->limit = 1000;
  if (out->start >= 0 && out->end >= 0 && out->start > out->end)
    return binance_fail(call, 400, -1023, "Start time is greater than end time.");
  if (out->start >= 0 && out->end - out->start > BINANCE_DAY / BINANCE_MS)
    return binance_fail(call, 400, -1127, "More than 24 hours between startTime and endTime.");
  return 1;
}

static int32_t is_within(const span *s, uint64_t id, int64_t time_ns) {
  int64_t ms = time_ns / BINANCE_MS, end = s->end;
  if (end < 0 && s->start >= 0) end = s->start + BINANCE_DAY / BINANCE_MS;
  return (s->from_id < 0 || (int64_t)id >= s->from_id) && (s->start < 0 || ms >= s->start) && (end < 0 || ms <= end);
}

/* From where it was asked to begin, oldest first; the newest where it was not. */
static void cut(cJSON *json, const span *s) {
  int32_t begins_there = s->from_id >= 0 || s->start >= 0;
  while (cJSON_GetArraySize(json) > s->limit)
    cJSON_DeleteItemFromArray(json, begins_there ? cJSON_GetArraySize(json) - 1 : 0);
}

static void run_all(binance_call *call) {
  span wanted;
  int32_t market = binance_symbol(call);
  if (market < 0 || !read_span(call, &wanted, "orderId")) return;
  const binance_state *state = binance_state_of(call->s);
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = 0; i < state->order_count; i++) {
    const binance_order *order = &state->orders[i];
    if (order->account != call->account->account || (int32_t)order->market != market) continue;
    const paper_order *paper = binance_paper_order(call->s, order);
    if (paper != NULL && is_within(&wanted, paper->id, paper->created_ns))
      cJSON_AddItemToArray(json, binance_order_json(call->s, paper, BINANCE_AS_QUERY));
  }
  cut(json, &wanted);
  sim_reply_json(call->reply, json);
}

static cJSON *fill_json(sim *s, const paper_fill *fill) {
  const paper_order *order = bourse__paper_find(sim_engine(s), fill->account, fill->order_id, NULL);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", bourse__paper_market(sim_engine(s), fill->market)->about->id);
  sim_json_add_integer(json, "id", (int64_t)fill->id);
  sim_json_add_integer(json, "orderId", (int64_t)fill->order_id);
  sim_json_add_integer(json, "orderListId", order != NULL && order->list != NULL ? (int64_t)order->list->id : -1);
  cJSON_AddStringToObject(json, "price", binance_price(s, fill->market, fill->price));
  cJSON_AddStringToObject(json, "qty", binance_amount(s, fill->market, fill->amount));
  sim_json_add_money(json, "quoteQty", fill->cost, BINANCE_PLACES);
  sim_json_add_money(json, "commission", fill->fee, BINANCE_PLACES);
  cJSON_AddStringToObject(json, "commissionAsset", bourse__paper_currency_code(sim_engine(s), fill->fee_currency));
  sim_json_add_integer(json, "time", fill->time_ns / BINANCE_MS);
  cJSON_AddBoolToObject(json, "isBuyer", fill->side == BOURSE_SIDE_BUY);
  cJSON_AddBoolToObject(json, "isMaker", fill->role == BOURSE_MAKER);
  cJSON_AddBoolToObject(json, "isBestMatch", 1);
  return json;
}

static int32_t weigh_fills(const binance_call *call) { return binance_param(call, "orderId") != NULL ? 5 : 20; }

static void run_fills(binance_call *call) {
  span wanted;
  int64_t order_id;
  int32_t market = binance_symbol(call);
  if (market < 0 || !read_span(call, &wanted, "fromId") || !binance_whole(call, &order_id, "orderId", -1)) return;
  if ((wanted.from_id >= 0 || order_id >= 0) && (wanted.start >= 0 || wanted.end >= 0)) {
    (void)binance_fail(call, 400, -1128, "Combination of optional parameters invalid.");
    return;
  }
  const paper_ring *fills = &bourse__paper_account(sim_engine(call->s), call->account->account)->fills;
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = 0; i < fills->count; i++) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    if ((int32_t)fill->market != market || (order_id >= 0 && fill->order_id != (uint64_t)order_id) ||
        !is_within(&wanted, fill->id, fill->time_ns))
      continue;
    cJSON_AddItemToArray(json, fill_json(call->s, fill));
  }
  cut(json, &wanted);
  sim_reply_json(call->reply, json);
}

static void run_amendments(binance_call *call) {
  int64_t order_id, from_id, limit;
  int32_t market = binance_symbol(call);
  if (market < 0 || binance_need(call, "orderId") == NULL || !binance_whole(call, &order_id, "orderId", -1) ||
      !binance_whole(call, &from_id, "fromExecutionId", -1) || !binance_whole(call, &limit, "limit", 500))
    return;
  const binance_state *state = binance_state_of(call->s);
  const binance_order *order = binance_find_order(call, "orderId", "origClientOrderId", market);
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = 0; order != NULL && i < state->amendment_count && limit > 0; i++) {
    const binance_amendment *row = &state->amendments[i];
    if (row->order_id != order->id || (from_id >= 0 && (int64_t)row->execution_id < from_id)) continue;
    cJSON *one = cJSON_CreateObject();
    cJSON_AddStringToObject(one, "symbol", bourse__paper_market(sim_engine(call->s), order->market)->about->id);
    sim_json_add_integer(one, "orderId", order_id);
    sim_json_add_integer(one, "executionId", (int64_t)row->execution_id);
    cJSON_AddStringToObject(one, "origClientOrderId", row->old_id);
    cJSON_AddStringToObject(one, "newClientOrderId", row->new_id);
    cJSON_AddStringToObject(one, "origQty", binance_amount(call->s, order->market, row->before));
    cJSON_AddStringToObject(one, "newQty", binance_amount(call->s, order->market, row->after));
    sim_json_add_integer(one, "time", row->time_ns / BINANCE_MS);
    cJSON_AddItemToArray(json, one);
    limit--;
  }
  sim_reply_json(call->reply, json);
}

static void run_counts(binance_call *call) {
  cJSON *limits = binance_rate_limits(call, 1);
  cJSON_DeleteItemFromArray(limits, cJSON_GetArraySize(limits) - 1); /* the weight */
  sim_reply_json(call->reply, limits);
}

static void run_none(binance_call *call) { sim_reply_json(call->reply, cJSON_CreateArray()); }

#define LEG(prefix_)                                                                                                  \
  " " prefix_ "Type " prefix_ "ClientOrderId " prefix_ "Price " prefix_ "StopPrice " prefix_ "TrailingDelta " prefix_ \
  "IcebergQty " prefix_ "TimeInForce " prefix_ "StrategyId " prefix_ "StrategyType"
#define COMMON  "symbol listClientOrderId newOrderRespType selfTradePreventionMode"
#define WORKING LEG("working") " workingSide workingQuantity"

#define PLACE(path_, message_, orders_, run_, params_) \
  { "POST", "/api/v3/" path_, message_, BINANCE_TRADE, BINANCE_API, 1, orders_, run_, params_, NULL }
#define READ(path_, message_, weight_, run_, params_, weigh_) \
  { "GET", "/api/v3/" path_, message_, BINANCE_SIGNED, BINANCE_API, weight_, 0, run_, params_, weigh_ }

const binance_row binance_list_rows[] = {
    PLACE("orderList/oco", "orderList.place.oco", 2, run_oco, COMMON " side quantity" LEG("above") LEG("below")),
    PLACE("orderList/oto", "orderList.place.oto", 2, run_oto_sized,
          COMMON WORKING LEG("pending") " pendingSide pendingQuantity"),
    PLACE("orderList/otoco", "orderList.place.otoco", 3, run_otoco_sized,
          COMMON WORKING LEG("pendingAbove") LEG("pendingBelow") " pendingSide pendingQuantity"),
    PLACE("orderList/opo", "orderList.place.opo", 2, run_opo, COMMON WORKING LEG("pending") " pendingSide"),
    PLACE("orderList/opoco", "orderList.place.opoco", 3, run_opoco,
          COMMON WORKING LEG("pendingAbove") LEG("pendingBelow") " pendingSide"),
    PLACE("order/oco", "orderList.place", 2, run_old_oco,
          COMMON " side quantity limitClientOrderId price limitIcebergQty stopClientOrderId stopPrice stopLimitPrice "
                 "stopIcebergQty stopLimitTimeInForce limitStrategyId limitStrategyType stopStrategyId "
                 "stopStrategyType trailingDelta"),
    {"DELETE", "/api/v3/orderList", "orderList.cancel", BINANCE_TRADE, BINANCE_API, 1, 0, run_cancel_list,
     "symbol orderListId listClientOrderId newClientOrderId", NULL},
    READ("orderList", "orderList.status", 4, run_list, "orderListId origClientOrderId", NULL),
    READ("allOrderList", "allOrderLists", 20, run_lists, "fromId startTime endTime limit", NULL),
    READ("openOrderList", "openOrderLists.status", 6, run_lists, "", NULL),
    READ("order", "order.status", 4, run_order, "symbol orderId origClientOrderId", NULL),
    READ("openOrders", "openOrders.status", 80, run_open, "symbol", weigh_open),
    READ("allOrders", "allOrders", 20, run_all, "symbol orderId startTime endTime limit", NULL),
    READ("myTrades", "myTrades", 20, run_fills, "symbol orderId startTime endTime fromId limit", weigh_fills),
    READ("order/amendments", "order.amendments", 4, run_amendments, "symbol orderId fromExecutionId limit", NULL),
    READ("rateLimit/order", "account.rateLimits.orders", 40, run_counts, "", NULL),
    READ("myPreventedMatches", "myPreventedMatches", 20, run_none, NULL, NULL),
    READ("myAllocations", "myAllocations", 20, run_none, NULL, NULL),
    {0},
};
