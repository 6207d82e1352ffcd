/* sim/binance_usdm_algo.c - conditional orders of USD-M, which have a service of their own since 2025-12-09. Follows "New
 * Algo Order", "Cancel Algo Order" and "Algo Order Update" of the exchange's USD-M documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binance_usdm.h"

#define OPEN_MAX 200
#define FIRST_ID UINT64_C(1000000000000000) /* a number space of their own */

static const char *const states[] = {"NEW", "TRIGGERED", "FINISHED", "CANCELED", "REJECTED", "EXPIRED"};

/* --- Telling --- */

static const char *kind_of(const usdm_algo *algo) { return usdm_types[algo->type]; }

static const char *amount_text(const usdm_algo *algo) {
  return bourse_decimal_is_present(&algo->request.amount) ? sim_decimal_text(&algo->request.amount) : "0";
}

static cJSON *algo_json(sim *s, const usdm_algo *algo) {
  const bourse_order_request *request = &algo->request;
  const paper_order *became =
      algo->order_id == 0 ? NULL : bourse__paper_find(sim_engine(s), algo->account, algo->order_id, NULL);
  char callback[48];
  cJSON *json = cJSON_CreateObject();
  (void)snprintf(callback, sizeof callback, "%lld.%02lld", (long long)algo->callback / 100,
                 (long long)algo->callback % 100);
  sim_json_add_integer(json, "algoId", (int64_t)algo->id);
  cJSON_AddStringToObject(json, "clientAlgoId", algo->client_id);
  cJSON_AddStringToObject(json, "algoType", "CONDITIONAL");
  cJSON_AddStringToObject(json, "orderType", kind_of(algo));
  cJSON_AddStringToObject(json, "symbol", usdm_market(s, algo->market)->about->id);
  cJSON_AddStringToObject(json, "side", usdm_side_text(request->side));
  cJSON_AddStringToObject(json, "positionSide", usdm_position_side(request->position_side));
  cJSON_AddStringToObject(json, "timeInForce", usdm_force_text(request->time_in_force, request->post_only));
  cJSON_AddStringToObject(json, "quantity", amount_text(algo));
  cJSON_AddStringToObject(json, "algoStatus", states[algo->status]);
  if (algo->order_id != 0) {
    char id[32];
    (void)snprintf(id, sizeof id, "%llu", (unsigned long long)algo->order_id);
    cJSON_AddStringToObject(json, "actualOrderId", id);
  } else {
    cJSON_AddStringToObject(json, "actualOrderId", "");
  }
  cJSON_AddStringToObject(json, "actualPrice", became != NULL ? usdm_average(s, became) : "0.00");
  cJSON_AddStringToObject(json, "actualQty", became != NULL ? binance_amount(s, algo->market, became->filled) : "0");
  cJSON_AddStringToObject(json, "actualType",
                          became == NULL                       ? ""
                          : became->type == BOURSE_ORDER_LIMIT ? "LIMIT"
                                                               : "MARKET");
  cJSON_AddStringToObject(json, "triggerPrice", binance_price(s, algo->market, algo->trigger));
  cJSON_AddStringToObject(json, "price",
                          bourse_decimal_is_present(&request->price) ? sim_decimal_text(&request->price) : "0");
  cJSON_AddNullToObject(json, "icebergQuantity");
  cJSON_AddStringToObject(json, "selfTradePreventionMode", binance_self_trade_text(request->self_trade));
  cJSON_AddStringToObject(json, "workingType", algo->by_mark ? "MARK_PRICE" : "CONTRACT_PRICE");
  cJSON_AddStringToObject(json, "priceMatch", "NONE");
  cJSON_AddBoolToObject(json, "closePosition", algo->close_position);
  cJSON_AddBoolToObject(json, "priceProtect", algo->protects);
  cJSON_AddBoolToObject(json, "reduceOnly", request->reduce_only > 0);
  if (algo->type == USDM_TRAILING) {
    cJSON_AddStringToObject(json, "activatePrice", binance_price(s, algo->market, algo->activation));
    cJSON_AddStringToObject(json, "callbackRate", callback);
  }
  sim_json_add_integer(json, "createTime", algo->created_ns / BINANCE_MS);
  sim_json_add_integer(json, "updateTime", algo->updated_ns / BINANCE_MS);
  sim_json_add_integer(json, "triggerTime", algo->triggered_ns / BINANCE_MS);
  sim_json_add_integer(json, "goodTillDate", algo->good_till_ms);
  if (algo->reason[0] != '\0') cJSON_AddStringToObject(json, "failReason", algo->reason);
  return json;
}

void usdm_tell_algo(sim *s, const usdm_algo *algo) {
  const bourse_order_request *request = &algo->request;
  const paper_order *became =
      algo->order_id == 0 ? NULL : bourse__paper_find(sim_engine(s), algo->account, algo->order_id, NULL);
  cJSON *json = cJSON_CreateObject(), *o = cJSON_CreateObject();
  char id[32] = "";
  if (algo->order_id != 0) (void)snprintf(id, sizeof id, "%llu", (unsigned long long)algo->order_id);
  cJSON_AddStringToObject(json, "e", "ALGO_UPDATE");
  sim_json_add_integer(json, "T", algo->updated_ns / BINANCE_MS);
  sim_json_add_integer(json, "E", sim_clock_ns(s) / BINANCE_MS);
  cJSON_AddStringToObject(o, "caid", algo->client_id);
  sim_json_add_integer(o, "aid", (int64_t)algo->id);
  cJSON_AddStringToObject(o, "at", "CONDITIONAL");
  cJSON_AddStringToObject(o, "o", kind_of(algo));
  cJSON_AddStringToObject(o, "s", usdm_market(s, algo->market)->about->id);
  cJSON_AddStringToObject(o, "S", usdm_side_text(request->side));
  cJSON_AddStringToObject(o, "ps", usdm_position_side(request->position_side));
  cJSON_AddStringToObject(o, "f", usdm_force_text(request->time_in_force, request->post_only));
  cJSON_AddStringToObject(o, "q", amount_text(algo));
  cJSON_AddStringToObject(o, "X", states[algo->status]);
  cJSON_AddStringToObject(o, "ai", id);
  cJSON_AddStringToObject(o, "ap", became != NULL ? usdm_average(s, became) : "0.00");
  cJSON_AddStringToObject(o, "aq", became != NULL ? binance_amount(s, algo->market, became->filled) : "0");
  cJSON_AddStringToObject(o, "act", became == NULL ? "0" : became->type == BOURSE_ORDER_LIMIT ? "LIMIT" : "MARKET");
  cJSON_AddStringToObject(o, "tp", binance_price(s, algo->market, algo->trigger));
  cJSON_AddStringToObject(o, "p", bourse_decimal_is_present(&request->price) ? sim_decimal_text(&request->price) : "0");
  cJSON_AddStringToObject(o, "V", binance_self_trade_text(request->self_trade));
  cJSON_AddStringToObject(o, "wt", algo->by_mark ? "MARK_PRICE" : "CONTRACT_PRICE");
  cJSON_AddStringToObject(o, "pm", "NONE");
  cJSON_AddBoolToObject(o, "cp", algo->close_position);
  cJSON_AddBoolToObject(o, "pP", algo->protects);
  cJSON_AddBoolToObject(o, "R", request->reduce_only > 0);
  sim_json_add_integer(o, "tt", algo->triggered_ns / BINANCE_MS);
  sim_json_add_integer(o, "gtd", algo->good_till_ms);
  cJSON_AddStringToObject(o, "rm", algo->reason);
  if (algo->type == USDM_TRAILING) cJSON_AddBoolToObject(o, "ia", algo->trails);
  cJSON_AddItemToObject(json, "o", o);
  usdm_tell(s, algo->account, json);
}

static void set_status(sim *s, usdm_algo *algo, int32_t status, const char *reason) {
  algo->status = status;
  algo->updated_ns = sim_clock_ns(s);
  (void)snprintf(algo->reason, sizeof algo->reason, "%.119s", reason);
  usdm_tell_algo(s, algo);
}

/* --- Triggers --- */

static int32_t fires(const usdm_algo *algo, int64_t price) {
  int32_t buys = algo->request.side == BOURSE_SIDE_BUY,
          stops = algo->type == USDM_STOP || algo->type == USDM_STOP_MARKET;
  if (algo->type != USDM_TRAILING) return buys == stops ? price >= algo->trigger : price <= algo->trigger;
  if (!algo->trails) return 0;
  paper_money now = (paper_money)price * 10000, extreme = algo->extreme;
  return buys ? now >= extreme * (10000 + algo->callback) : now <= extreme * (10000 - algo->callback);
}

static void follow(usdm_algo *algo, int64_t price) {
  int32_t buys = algo->request.side == BOURSE_SIDE_BUY;
  if (!algo->trails && (algo->activation == 0 || (buys ? price <= algo->activation : price >= algo->activation))) {
    algo->trails = 1;
    algo->extreme = price;
  }
  if (algo->trails && (buys ? price < algo->extreme : price > algo->extreme)) algo->extreme = price;
}

void usdm_algo_prices(sim *s, uint32_t market, int32_t mark, int64_t price) {
  usdm_state *state = usdm_of(s);
  if (price == 0) return;
  for (uint32_t i = 0; i < state->algo_count; i++) {
    usdm_algo *algo = &state->algos[i];
    if (algo->market != market || algo->status != USDM_ALGO_NEW || algo->due || algo->by_mark != mark) continue;
    if (algo->type == USDM_TRAILING) follow(algo, price);
    if (!fires(algo, price)) continue;
    algo->due = 1;
    state->algos_due = 1;
  }
}

/* What the position is that the order would close, signed by slot. */
static int64_t closable(sim *s, const usdm_algo *algo) {
  const paper_holding *holding = &bourse__paper_account(sim_engine(s), algo->account)->holdings[algo->market];
  return holding->slots[algo->request.side == BOURSE_SIDE_SELL ? PAPER_LONG : PAPER_SHORT].size;
}

static void trigger(sim *s, uint32_t index) {
  usdm_algo *algo = &usdm_of(s)->algos[index];
  const paper_market *market = usdm_market(s, algo->market);
  binance_leg leg;
  memset(&leg, 0, sizeof leg);
  leg.request = algo->request;
  leg.about.type = algo->type;
  leg.about.market = algo->market;
  leg.about.algo_id = algo->id;
  memcpy(leg.client_id, algo->client_id, sizeof leg.client_id); /* the order keeps the id */
  algo->due = 0;
  algo->triggered_ns = algo->updated_ns = sim_clock_ns(s);
  if (algo->close_position) {
    int64_t size = closable(s, algo);
    if (size == 0) {
      set_status(s, algo, USDM_ALGO_EXPIRED, "There is no position to close.");
      return;
    }
    leg.request.amount = bourse__paper_decimal(size, market->amount_scale);
    leg.request.reduce_only = algo->request.position_side == 0 ? BOURSE_YES : BOURSE_UNSET;
  }
  algo->status = USDM_ALGO_TRIGGERED;
  const paper_order *order = usdm_submit(s, algo->account, algo->market, &leg);
  algo = &usdm_of(s)->algos[index];
  if (order == NULL) {
    set_status(s, algo, USDM_ALGO_REJECTED, bourse__paper_error(sim_engine(s))->text);
    return;
  }
  algo->order_id = order->id;
  set_status(s, algo, USDM_ALGO_TRIGGERED, "");
  if (!bourse__paper_is_open(order)) set_status(s, algo, USDM_ALGO_FINISHED, "");
}

void usdm_algo_tick(sim *s) {
  usdm_state *state = usdm_of(s);
  int64_t now_ms = sim_clock_ns(s) / BINANCE_MS;
  for (uint32_t i = 0; i < state->algo_count; i++) {
    usdm_algo *algo = &state->algos[i];
    if (algo->status != USDM_ALGO_NEW || algo->due || algo->good_till_ms == 0 || algo->good_till_ms > now_ms) continue;
    set_status(s, algo, USDM_ALGO_EXPIRED, "");
  }
  for (int32_t rounds = 0; state->algos_due && rounds < 16; rounds++) { /* one may set off another */
    state->algos_due = 0;
    for (uint32_t i = 0; i < state->algo_count; i++)
      if (state->algos[i].due && state->algos[i].status == USDM_ALGO_NEW) trigger(s, i);
  }
}

void usdm_algo_order(sim *s, const paper_order *order, const binance_order *about) {
  usdm_state *state = usdm_of(s);
  if (about->algo_id == 0 || bourse__paper_is_open(order)) return;
  for (uint32_t i = 0; i < state->algo_count; i++)
    if (state->algos[i].id == about->algo_id && state->algos[i].order_id == order->id &&
        state->algos[i].status == USDM_ALGO_TRIGGERED)
      set_status(s, &state->algos[i], USDM_ALGO_FINISHED, "");
}

/* What one becomes has its id. */
int32_t binance_usdm_kept(sim *s, uint32_t index, sim_kept *out) {
  static const int32_t statuses[] = {BOURSE_ORDER_UNTRIGGERED, BOURSE_ORDER_TRIGGERED, BOURSE_ORDER_TRIGGERED,
                                     BOURSE_ORDER_CANCELED,    BOURSE_ORDER_REJECTED,  BOURSE_ORDER_EXPIRED};
  const usdm_state *state = usdm_of(s);
  if (index >= state->algo_count) return 0;
  const usdm_algo *algo = &state->algos[index];
  *out = (sim_kept){algo->account,   algo->order_id == 0 ? algo->client_id : NULL, statuses[algo->status], 0, 0, 0, 0,
                    algo->updated_ns};
  return 1;
}

/* --- Placing --- */

/* A price of a parameter in units; 0 and 1 where it was not sent. */
static int32_t read_price(binance_call *call, uint32_t market, const char *name, int64_t *out) {
  const paper_market *m = usdm_market(call->s, market);
  bourse_decimal price;
  *out = 0;
  if (!binance_decimal(call, &price, name)) return 0;
  if (!bourse_decimal_is_present(&price)) return 1;
  if (!bourse__paper_units(out, &price, m->price_scale) || *out <= 0 || *out % m->tick != 0)
    return binance_fail(call, 400, -4014, "Price not increased by tick size.");
  return 1;
}

static int32_t is_true(binance_call *call, const char *name) {
  const char *text = binance_param(call, name);
  return text != NULL && strcmp(text, "true") == 0;
}

static int32_t read_callback(binance_call *call, usdm_algo *algo) {
  bourse_decimal rate;
  if (binance_need(call, "callbackRate") == NULL || !binance_decimal(call, &rate, "callbackRate")) return 0;
  if (!bourse__paper_units(&algo->callback, &rate, 2) || algo->callback < 10 || algo->callback > 2000)
    return binance_fail(call, 400, -4136, "Invalid callBack rate");
  return 1;
}

/* Refused when it would trigger at once. */
static int32_t check_trigger(binance_call *call, const usdm_algo *algo) {
  const paper_market *market = usdm_market(call->s, algo->market);
  int64_t price = algo->by_mark && market->mark != 0 ? market->mark : market->last;
  int32_t buys = algo->request.side == BOURSE_SIDE_BUY;
  if (algo->type == USDM_TRAILING) {
    if (algo->activation == 0 || (buys ? algo->activation < price : algo->activation > price)) return 1;
    return binance_fail(call, 400, -2021, "Order would immediately trigger.");
  }
  return price != 0 && fires(algo, price) ? binance_fail(call, 400, -2021, "Order would immediately trigger.") : 1;
}

static int32_t check_amount(binance_call *call, usdm_algo *algo, const binance_leg *leg) {
  int32_t market_kind = algo->type == USDM_STOP_MARKET || algo->type == USDM_TAKE_PROFIT_MARKET;
  if (!algo->close_position) return binance_need(call, "quantity") != NULL && usdm_check_order(call, algo->market, leg);
  if (!market_kind)
    return binance_fail(call, 400, -4136, "Target strategy invalid for orderType '%s',closePosition '%s'.",
                        kind_of(algo), "true");
  if (binance_param(call, "quantity") != NULL)
    return binance_fail(call, 400, -4137, "Parameter 'quantity' sent when not required with closePosition.");
  if (leg->request.reduce_only > 0)
    return binance_fail(call, 400, -1106, "Parameter 'reduceonly' sent when not required.");
  return 1;
}

static int32_t check_others(binance_call *call, const usdm_algo *algo) {
  const usdm_state *state = usdm_of(call->s);
  uint32_t open = 0;
  for (uint32_t i = 0; i < state->algo_count; i++) {
    const usdm_algo *other = &state->algos[i];
    if (other->account != algo->account || other->status != USDM_ALGO_NEW) continue;
    open++;
    if (strcmp(other->client_id, algo->client_id) == 0)
      return binance_fail(call, 400, -4116, "ClientOrderId is duplicated.");
    if (algo->close_position && other->close_position && other->market == algo->market &&
        other->request.side == algo->request.side && other->type == algo->type)
      return binance_fail(call, 400, -4130,
                          "An open stop or take profit order with GTE and closePosition in the direction is existing.");
  }
  return open < OPEN_MAX ? 1 : binance_fail(call, 400, -4045, "Reach max stop order limit.");
}

void usdm_algo_run_place(binance_call *call) {
  usdm_state *state = usdm_of(call->s);
  binance_leg leg;
  usdm_algo algo;
  const char *kind = binance_need(call, "algoType"), *by = binance_param(call, "workingType");
  if (kind == NULL || !usdm_read_order(call, &leg, "clientAlgoId")) return;
  memset(&algo, 0, sizeof algo);
  algo.type = leg.about.type;
  algo.market = leg.about.market;
  algo.account = call->account->account;
  algo.request = leg.request;
  algo.by_mark = by != NULL && strcmp(by, "MARK_PRICE") == 0;
  algo.close_position = is_true(call, "closePosition");
  algo.protects = is_true(call, "priceProtect");
  memcpy(algo.client_id, leg.client_id, sizeof algo.client_id);
  if (strcmp(kind, "CONDITIONAL") != 0 || algo.type < USDM_STOP) {
    (void)binance_fail(call, 400, -1116, "Invalid orderType.");
    return;
  }
  int32_t trailing = algo.type == USDM_TRAILING;
  if ((!trailing && binance_need(call, "triggerPrice") == NULL) || (trailing && !read_callback(call, &algo)) ||
      !read_price(call, algo.market, "triggerPrice", &algo.trigger) ||
      !read_price(call, algo.market, "activatePrice", &algo.activation) || !check_amount(call, &algo, &leg) ||
      !check_trigger(call, &algo) || !check_others(call, &algo))
    return;
  if (leg.request.expire_ns != 0) algo.good_till_ms = (leg.request.expire_ns + sim_skew_ns(call->s)) / BINANCE_MS;
  if (trailing) follow(&algo, usdm_market(call->s, algo.market)->last);
  algo.id = FIRST_ID + sim_next_number(call->s);
  algo.created_ns = algo.updated_ns = sim_clock_ns(call->s);
  algo.request.client_order_id = NULL;
  state->algos = usdm_grow(state->algos, state->algo_count, sizeof *state->algos);
  state->algos[state->algo_count++] = algo;
  usdm_tell_algo(call->s, &algo);
  sim_reply_json(call->reply, algo_json(call->s, &algo));
}

/* --- Those that are there --- */

/* The newest of those that share a client id; NULL: none, or failed. */
static usdm_algo *find(binance_call *call) {
  usdm_state *state = usdm_of(call->s);
  const char *client_id = binance_param(call, "clientAlgoId");
  int64_t id;
  if (!binance_whole(call, &id, "algoId", -1)) return NULL;
  if (id < 0 && client_id == NULL) {
    (void)binance_fail(call, 400, -1102, "Param 'algoId' or 'clientAlgoId' must be sent, but both were empty/null!");
    return NULL;
  }
  for (uint32_t i = state->algo_count; i > 0; i--) {
    usdm_algo *algo = &state->algos[i - 1];
    if (algo->account == call->account->account && (id < 0 || algo->id == (uint64_t)id) &&
        (client_id == NULL || strcmp(algo->client_id, client_id) == 0))
      return algo;
  }
  return NULL;
}

void usdm_algo_run_cancel(binance_call *call) {
  usdm_algo *algo = find(call);
  if (call->failed) return;
  if (algo == NULL || algo->status != USDM_ALGO_NEW) {
    (void)binance_fail(call, 400, -2011, "Unknown order sent.");
    return;
  }
  set_status(call->s, algo, USDM_ALGO_CANCELED, "");
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "algoId", (int64_t)algo->id);
  cJSON_AddStringToObject(json, "clientAlgoId", algo->client_id);
  cJSON_AddStringToObject(json, "code", "200");
  cJSON_AddStringToObject(json, "msg", "success");
  sim_reply_json(call->reply, json);
}

void usdm_algo_run_cancel_all(binance_call *call) {
  usdm_state *state = usdm_of(call->s);
  int32_t market = binance_symbol(call);
  if (market < 0) return;
  for (uint32_t i = 0; i < state->algo_count; i++)
    if (state->algos[i].account == call->account->account && state->algos[i].market == (uint32_t)market &&
        state->algos[i].status == USDM_ALGO_NEW)
      set_status(call->s, &state->algos[i], USDM_ALGO_CANCELED, "");
  sim_reply_json(call->reply, binance_error(200, "The operation of cancel all open order is done."));
}

void usdm_algo_run_query(binance_call *call) {
  const usdm_algo *algo = find(call);
  if (call->failed) return;
  if (algo == NULL)
    (void)binance_fail(call, 400, -2013, "Order does not exist.");
  else
    sim_reply_json(call->reply, algo_json(call->s, algo));
}

static cJSON *list_algos(binance_call *call, int64_t market, int32_t only_open, const usdm_span *span) {
  const usdm_state *state = usdm_of(call->s);
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = 0; i < state->algo_count; i++) {
    const usdm_algo *algo = &state->algos[i];
    if (algo->account == call->account->account && (market < 0 || (int64_t)algo->market == market) &&
        (!only_open || algo->status == USDM_ALGO_NEW) &&
        (span == NULL || usdm_within(span, algo->id, algo->created_ns)))
      cJSON_AddItemToArray(list, algo_json(call->s, algo));
  }
  return list;
}

void usdm_algo_run_open(binance_call *call) {
  int64_t market = binance_param(call, "symbol") != NULL ? binance_symbol(call) : -1;
  if (!call->failed) sim_reply_json(call->reply, list_algos(call, market, 1, NULL));
}

void usdm_algo_run_all(binance_call *call) {
  usdm_span span;
  int32_t market = binance_symbol(call);
  if (market < 0 || !usdm_read_span(call, &span, "algoId", 7)) return;
  cJSON *list = list_algos(call, market, 0, &span);
  usdm_cut(list, &span);
  sim_reply_json(call->reply, list);
}
