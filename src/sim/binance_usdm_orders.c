/* sim/binance_usdm_orders.c - USD-M orders: placing, amending, cancelling, asking. Follows "New Order", "Modify Order",
 * "Place Multiple Orders", "Auto-Cancel All Open Orders" and "Error Codes" of the exchange's USD-M documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "binance_usdm.h"

#define DAYS_MS (100 * BINANCE_DAY / BINANCE_MS) /* a countdown is no longer */

/* --- Telling of orders --- */

const char *usdm_average(sim *s, const paper_order *order) {
  const paper_market *market = usdm_market(s, order->market);
  if (order->filled == 0) return "0.00";
  bourse_decimal price = bourse__paper_average(market, order->cost_filled, order->filled, 4);
  return sim_decimal_text(&price);
}

static void add_terms(cJSON *json, const paper_order *order, const binance_order *about) {
  int32_t type = about != NULL ? about->type : 0, now = order->type == BOURSE_ORDER_LIMIT ? USDM_LIMIT : USDM_MARKET;
  cJSON_AddStringToObject(json, "timeInForce", usdm_force_text(order->time_in_force, order->post_only));
  cJSON_AddStringToObject(json, "type", usdm_types[now]);
  cJSON_AddBoolToObject(json, "reduceOnly", order->reduce_only);
  cJSON_AddBoolToObject(json, "closePosition", 0);
  cJSON_AddStringToObject(json, "side", usdm_side_text(order->side));
  cJSON_AddStringToObject(json, "positionSide", usdm_position_side(order->position_side));
  cJSON_AddStringToObject(json, "stopPrice", "0");
  cJSON_AddStringToObject(json, "workingType", "CONTRACT_PRICE");
  cJSON_AddBoolToObject(json, "priceProtect", 0);
  cJSON_AddStringToObject(json, "origType", usdm_types[type == USDM_LIQUIDATION ? USDM_LIMIT : type]);
  cJSON_AddStringToObject(json, "priceMatch", "NONE");
  cJSON_AddStringToObject(json, "selfTradePreventionMode", binance_self_trade_text(order->self_trade));
}

cJSON *usdm_order_json(sim *s, const paper_order *order, int32_t as_query) {
  const binance_order *about = binance_order_of(s, order->id);
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "orderId", (int64_t)order->id);
  cJSON_AddStringToObject(json, "symbol", usdm_market(s, order->market)->about->id);
  cJSON_AddStringToObject(json, "status", binance_status_text(order));
  cJSON_AddStringToObject(json, "clientOrderId", about != NULL ? about->client_id : order->client_id);
  cJSON_AddStringToObject(json, "price", binance_price(s, order->market, order->price));
  if (as_query) cJSON_AddStringToObject(json, "avgPrice", usdm_average(s, order));
  cJSON_AddStringToObject(json, "origQty", binance_amount(s, order->market, order->amount));
  cJSON_AddStringToObject(json, "executedQty", binance_amount(s, order->market, order->filled));
  if (as_query)
    sim_json_add_money(json, "cumQuote", order->cost_filled, BINANCE_PLACES);
  else
    cJSON_AddStringToObject(json, "cumQty", binance_amount(s, order->market, order->filled));
  add_terms(json, order, about);
  sim_json_add_integer(json, "goodTillDate",
                       order->expire_ns == 0 ? 0 : (order->expire_ns + sim_skew_ns(s)) / BINANCE_MS);
  if (as_query) sim_json_add_integer(json, "time", order->created_ns / BINANCE_MS);
  sim_json_add_integer(json, "updateTime", order->updated_ns / BINANCE_MS);
  return json;
}

/* --- Reading an order --- */

static int32_t read_client_id(binance_call *call, char out[BINANCE_ID_SIZE], const char *name) {
  const char *text = binance_param(call, name);
  if (text == NULL) {
    binance_random_id(call->s, out);
    return 1;
  }
  size_t good = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/");
  if (text[good] != '\0')
    return binance_fail(call, 400, -1100,
                        "Illegal characters found in parameter '%s'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.",
                        name);
  if (good >= BINANCE_ID_SIZE)
    return binance_fail(call, 400, -4015, "Client order id length should be less than 36 chars");
  memcpy(out, text, good + 1);
  return 1;
}

static int32_t read_bool(binance_call *call, int32_t *out, const char *name) {
  const char *text = binance_param(call, name);
  *out = text != NULL && (strcmp(text, "true") == 0 || strcmp(text, "TRUE") == 0);
  if (text == NULL || *out || strcmp(text, "false") == 0 || strcmp(text, "FALSE") == 0) return 1;
  return binance_fail(call, 400, -1130, "Data sent for parameter '%s' is not valid.", name);
}

static int32_t read_good_till(binance_call *call, bourse_order_request *request) {
  int64_t ms;
  if (!binance_when(call, &ms, "goodTillDate")) return 0;
  if (ms < 0) ms = 0;
  if (request->time_in_force != BOURSE_GOOD_TILL_DATE)
    return ms == 0 || binance_fail(call, 400, -1106, "Parameter 'goodTillDate' sent when not required.");
  if (ms == 0) return binance_need(call, "goodTillDate") != NULL;
  if (ms * BINANCE_MS < sim_clock_ns(call->s) + 600 * BINANCE_SECOND)
    return binance_fail(call, 400, -4097, "Invalid goodTillDate.");
  request->expire_ns = ms / 1000 * BINANCE_SECOND - sim_skew_ns(call->s);
  return 1;
}

static int32_t read_force(binance_call *call, bourse_order_request *request, int32_t limited) {
  static const struct {
    const char *name;
    int32_t force, post_only;
  } rows[] = {{"GTC", BOURSE_GOOD_TILL_CANCELED, 0},
              {"IOC", BOURSE_IMMEDIATE_OR_CANCEL, 0},
              {"FOK", BOURSE_FILL_OR_KILL, 0},
              {"GTX", BOURSE_GOOD_TILL_CANCELED, BOURSE_YES},
              {"GTD", BOURSE_GOOD_TILL_DATE, 0}};
  const char *text = binance_param(call, "timeInForce");
  if (text == NULL) return 1;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    if (strcmp(rows[i].name, text) != 0) continue;
    if (!limited) return 1; /* a market order has none, whatever it says */
    request->time_in_force = rows[i].force;
    request->post_only = rows[i].post_only;
    return read_good_till(call, request);
  }
  return binance_fail(call, 400, -1115, "Invalid timeInForce.");
}

static int32_t read_self_trade(binance_call *call, bourse_order_request *request) {
  static const char *const names[] = {"NONE", "EXPIRE_MAKER", "EXPIRE_TAKER", "EXPIRE_BOTH", NULL};
  const char *text = binance_param(call, "selfTradePreventionMode");
  request->self_trade = BOURSE_SELF_TRADE_CANCEL_MAKER;
  if (text == NULL) return 1;
  for (int32_t i = 0; names[i] != NULL; i++)
    if (strcmp(names[i], text) == 0) {
      request->self_trade = i + 1;
      return 1;
    }
  return binance_fail(call, 400, -1130, "Data sent for parameter 'selfTradePreventionMode' is not valid.");
}

/* In hedge mode each order says which position it is about, in one-way mode none does. */
static int32_t read_position_side(binance_call *call, bourse_order_request *request) {
  const char *text = binance_param(call, "positionSide");
  int32_t hedged = bourse__paper_account(sim_engine(call->s), call->account->account)->hedged;
  if (text != NULL && strcmp(text, "LONG") == 0)
    request->position_side = BOURSE_POSITION_LONG;
  else if (text != NULL && strcmp(text, "SHORT") == 0)
    request->position_side = BOURSE_POSITION_SHORT;
  else if (text != NULL && strcmp(text, "BOTH") != 0)
    return binance_fail(call, 400, -1130, "Data sent for parameter 'positionSide' is not valid.");
  if (hedged != (request->position_side != 0))
    return binance_fail(call, 400, -4061, "Order's position side does not match user's setting.");
  return 1;
}

/* Instead of a price: the best of the other side, or of the own one, or so many levels on. */
static int32_t read_price(binance_call *call, uint32_t market, bourse_order_request *request) {
  const char *match = binance_param(call, "priceMatch");
  const paper_market *m = usdm_market(call->s, market);
  if (!binance_decimal(call, &request->price, "price")) return 0;
  if (match == NULL || strcmp(match, "NONE") == 0)
    return bourse_decimal_is_present(&request->price) || binance_need(call, "price") != NULL;
  if (bourse_decimal_is_present(&request->price))
    return binance_fail(call, 400, -1106, "Parameter 'price' sent when not required.");
  int32_t other = strncmp(match, "OPPONENT", 8) == 0, own = strncmp(match, "QUEUE", 5) == 0;
  const char *rest = match + (other ? 8 : own ? 5 : 0);
  uint32_t steps = rest[0] == '_' ? (uint32_t)strtoul(rest + 1, NULL, 10) - 1 : 0;
  if (!(other || own) || steps > 19 || (rest[0] != '\0' && rest[0] != '_'))
    return binance_fail(call, 400, -1130, "Data sent for parameter 'priceMatch' is not valid.");
  const paper_side *side = &m->sides[(request->side == BOURSE_SIDE_BUY) == own ? 0 : 1];
  if (side->count == 0) return binance_fail(call, 400, -5037, "Invalid price match");
  uint32_t at = side->count - 1 - (steps < side->count ? steps : side->count - 1);
  request->price = bourse__paper_decimal(side->levels[at].price, m->price_scale);
  return 1;
}

int32_t usdm_read_order(binance_call *call, binance_leg *leg, const char *client_id_name) {
  bourse_order_request *request = &leg->request;
  memset(leg, 0, sizeof *leg);
  request->struct_size = sizeof *request;
  request->api_version = BOURSE_API_VERSION;
  int32_t market = binance_symbol(call);
  const char *side = market < 0 ? NULL : binance_need(call, "side"),
             *type = side == NULL ? NULL : binance_need(call, "type");
  if (type == NULL) return 0;
  leg->about.market = (uint32_t)market;
  request->side = strcmp(side, "BUY") == 0 ? BOURSE_SIDE_BUY : strcmp(side, "SELL") == 0 ? BOURSE_SIDE_SELL : 0;
  if (request->side == 0) return binance_fail(call, 400, -1117, "Invalid side.");
  leg->about.type = usdm_type_of(type);
  if (leg->about.type >= USDM_LIQUIDATION) return binance_fail(call, 400, -1116, "Invalid orderType.");
  int32_t kind = leg->about.type, limited = kind == USDM_LIMIT || kind == USDM_STOP || kind == USDM_TAKE_PROFIT,
          reduces;
  request->type = limited ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  if (!limited && binance_param(call, "price") != NULL)
    return binance_fail(call, 400, -1106, "Parameter 'price' sent when not required.");
  if (kind == USDM_LIMIT && binance_need(call, "timeInForce") == NULL) return 0;
  if (!binance_decimal(call, &request->amount, "quantity") ||
      (limited && !read_price(call, (uint32_t)market, request)) || !read_force(call, request, limited) ||
      !read_self_trade(call, request) || !read_position_side(call, request) ||
      !read_bool(call, &reduces, "reduceOnly") || !read_client_id(call, leg->client_id, client_id_name))
    return 0;
  if (reduces && request->position_side != 0)
    return binance_fail(call, 400, -1106, "Parameter 'reduceonly' sent when not required.");
  request->reduce_only = reduces ? BOURSE_YES : BOURSE_UNSET;
  request->client_order_id = leg->client_id;
  return 1;
}

/* --- Filters --- */

static int32_t check_price(binance_call *call, const paper_market *market, const bourse_decimal *price) {
  int64_t units;
  if (!bourse_decimal_is_present(price)) return 1;
  if (bourse_decimal_sign(price) <= 0) return binance_fail(call, 400, -4001, "Price less than 0.");
  if (!bourse__paper_units(&units, price, market->price_scale) || units % market->tick != 0)
    return binance_fail(call, 400, -4014, "Price not increased by tick size.");
  int64_t mark = market->mark != 0 ? market->mark : market->last;
  if (mark != 0 && units > mark + mark / 2)
    return binance_fail(call, 400, -4016, "Limit price can't be higher than %s.",
                        binance_price(call->s, market->index, mark + mark / 2));
  if (mark != 0 && units < mark / 2)
    return binance_fail(call, 400, -4024, "Limit price can't be lower than %s.",
                        binance_price(call->s, market->index, mark / 2));
  return 1;
}

static int32_t is_reducing(const binance_leg *leg) {
  int32_t side = leg->request.position_side;
  if (leg->request.reduce_only > 0) return 1;
  return side != 0 && (side == BOURSE_POSITION_LONG) != (leg->request.side == BOURSE_SIDE_BUY);
}

int32_t usdm_check_order(binance_call *call, uint32_t index, const binance_leg *leg) {
  const paper_market *market = usdm_market(call->s, index);
  const bourse_order_request *request = &leg->request;
  int64_t amount, price = market->last;
  if (bourse_decimal_sign(&request->amount) <= 0)
    return binance_fail(call, 400, -4003, "Quantity less than or equal to zero.");
  if (!bourse__paper_units(&amount, &request->amount, market->amount_scale) || amount % market->step != 0)
    return binance_fail(call, 400, -1111, "Precision is over the maximum defined for this asset.");
  if (amount < market->amount_min) return binance_fail(call, 400, -4004, "Quantity less than min quantity.");
  if (amount > market->amount_max) return binance_fail(call, 400, -4005, "Quantity greater than max quantity.");
  if (!check_price(call, market, &request->price)) return 0;
  if (bourse_decimal_is_present(&request->price))
    (void)bourse__paper_units(&price, &request->price, market->price_scale);
  if (!is_reducing(leg) && (paper_money)price * amount * market->unit_cost < market->cost_min)
    return binance_fail(call, 400, -4164,
                        "Order's notional must be no smaller than %s (unless you choose reduce only).",
                        sim_money_text(market->cost_min, 0));
  return 1;
}

int32_t usdm_refused(binance_call *call) {
  const paper_error *error = bourse__paper_error(sim_engine(call->s));
  switch (error->reason) {
    case PAPER_NO_FUNDS: return binance_fail(call, 400, -2019, "Margin is insufficient.");
    case PAPER_WOULD_TAKE:
      return binance_fail(call, 400, -5022,
                          "Due to the order could not be executed as maker, the Post Only order will be rejected. The "
                          "order will not be recorded in the order history");
    case PAPER_UNFILLED:
      return binance_fail(
          call, 400, -5021,
          "Due to the order could not be filled immediately, the FOK order has been rejected. The order "
          "will not be recorded in the order history");
    case PAPER_DUPLICATE: return binance_fail(call, 400, -4116, "ClientOrderId is duplicated.");
    case PAPER_REDUCE_ONLY: return binance_fail(call, 400, -2022, "ReduceOnly Order is rejected.");
    case PAPER_POSITION_MODE:
      return binance_fail(call, 400, -4061, "Order's position side does not match user's setting.");
    case PAPER_WOULD_TRIGGER: return binance_fail(call, 400, -2021, "Order would immediately trigger.");
    case PAPER_COST_MIN: return binance_fail(call, 400, -4164, "Order's notional must be no smaller than the least.");
    case PAPER_TOO_MANY: return binance_fail(call, 400, -2025, "Reach max open order limit.");
    default: return binance_fail(call, 400, -2010, "Order rejected: %s.", error->text);
  }
}

/* --- Placing --- */

const paper_order *usdm_submit(sim *s, uint32_t account, uint32_t market, binance_leg *leg) {
  paper_order *order = NULL;
  leg->request.client_order_id = leg->client_id;
  binance_expect(s, leg, account);
  int32_t code = sim_submit(s, &order, account, market, &leg->request);
  binance_expected(s);
  if (code == BOURSE_OK) return order;
  if (leg->request.time_in_force == BOURSE_FILL_OR_KILL) return NULL; /* refused outright, not kept as expired */
  return binance_expire_at_once(s, account, market, leg);
}

static int32_t is_conditional(int32_t type) { return type >= USDM_STOP && type <= USDM_TRAILING; }

static int32_t read_plain(binance_call *call, binance_leg *leg) {
  const char *type = binance_param(call, "type");
  if (type != NULL && is_conditional(usdm_type_of(type)))
    return binance_fail(call, 400, -4120,
                        "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.");
  if (!usdm_read_order(call, leg, "newClientOrderId")) return 0;
  if (binance_need(call, "quantity") == NULL) return 0;
  return usdm_check_order(call, leg->about.market, leg);
}

static void run_place(binance_call *call) {
  binance_leg leg;
  const char *response = binance_param(call, "newOrderRespType");
  if (!read_plain(call, &leg)) return;
  if (response != NULL && strcmp(response, "ACK") != 0 && strcmp(response, "RESULT") != 0) {
    (void)binance_fail(call, 400, -1130, "Data sent for parameter 'newOrderRespType' is not valid.");
    return;
  }
  const paper_order *placed = usdm_submit(call->s, call->account->account, leg.about.market, &leg);
  if (placed == NULL) {
    (void)usdm_refused(call);
    return;
  }
  paper_order told = *placed;
  if (response == NULL || strcmp(response, "ACK") == 0) { /* acknowledged before it was matched */
    told.status = BOURSE_ORDER_OPEN;
    told.filled = 0;
    told.cost_filled = 0;
  }
  sim_reply_json(call->reply, usdm_order_json(call->s, &told, 0));
}

static void run_test(binance_call *call) {
  binance_leg leg;
  if (!read_plain(call, &leg)) return;
  leg.request.test = BOURSE_YES;
  if (sim_submit(call->s, NULL, call->account->account, leg.about.market, &leg.request) != BOURSE_OK) {
    (void)usdm_refused(call);
    return;
  }
  sim_reply_json(call->reply, cJSON_CreateObject());
}

/* --- Several at once --- */

/* Answers for one of several, as a call of its own; what failed is an item with a code. */
static void run_item(binance_call *call, sim_request *request, cJSON *list, void (*run)(binance_call *call)) {
  binance_call one = *call;
  one.request = request;
  one.reply = sim_reply_new();
  one.failed = 0;
  run(&one);
  cJSON *json = sim_reply_take_json(one.reply);
  cJSON_AddItemToArray(list, json != NULL ? json : cJSON_CreateObject());
  sim_reply_free(one.reply);
  sim_request_free(request);
}

void usdm_each_of_list(binance_call *call, const char *name, uint32_t most, void (*run)(binance_call *call)) {
  const char *text = binance_need(call, name);
  const cJSON *item, *member;
  if (text == NULL) return;
  cJSON *tree = sim_json_parse(text, strlen(text));
  int32_t count = cJSON_IsArray(tree) ? cJSON_GetArraySize(tree) : 0;
  if (count < 1 || count > (int32_t)most) {
    cJSON_Delete(tree);
    (void)binance_fail(
        call, 400, count < 1 ? -1130 : -4082,
        count < 1 ? "Data sent for parameter '%s' is not valid." : "Invalid number of batch place orders: '%s'.", name);
    return;
  }
  cJSON *list = cJSON_CreateArray();
  cJSON_ArrayForEach(item, tree) {
    sim_request *request = sim_request_new(call->request->connection, call->request->method, call->request->path);
    cJSON_ArrayForEach(member, item) {
      const char *value = sim_json_item_text(member);
      if (value == NULL && cJSON_IsBool(member)) value = cJSON_IsTrue(member) ? "true" : "false";
      if (member->string != NULL && value != NULL) sim_request_add(request, member->string, value);
    }
    run_item(call, request, list, run);
  }
  cJSON_Delete(tree);
  sim_reply_json(call->reply, list);
}

static void run_batch(binance_call *call) { usdm_each_of_list(call, "batchOrders", 5, run_place); }

/* --- Cancelling --- */

static void run_cancel(binance_call *call) {
  int32_t market = binance_symbol(call);
  if (market < 0) return;
  const binance_order *order = binance_find_order(call, "orderId", "origClientOrderId", market);
  const paper_order *paper = order == NULL ? NULL : binance_paper_order(call->s, order);
  if (call->failed) return;
  if (paper == NULL || !bourse__paper_is_open(paper)) {
    (void)binance_fail(call, 400, -2011, "Unknown order sent.");
    return;
  }
  (void)sim_cancel(call->s, (paper_order *)(uintptr_t)paper);
  sim_reply_json(call->reply, usdm_order_json(call->s, paper, 0));
}

/* The names are sent in small letters by some. */
static void run_cancel_batch(binance_call *call) {
  static const char *const names[] = {"orderIdList", "orderidlist", "origClientOrderIdList", "origclientorderidlist"};
  const char *text = NULL;
  int32_t by_client = 0;
  for (int32_t i = 0; i < 4 && text == NULL; i++) {
    text = binance_param(call, names[i]);
    by_client = i >= 2;
  }
  if (binance_symbol(call) < 0) return;
  cJSON *tree = text == NULL ? NULL : sim_json_parse(text, strlen(text));
  const cJSON *item;
  int32_t count = cJSON_IsArray(tree) ? cJSON_GetArraySize(tree) : 0;
  if (count < 1 || count > 10) {
    cJSON_Delete(tree);
    (void)binance_fail(call, 400, count < 1 ? -1102 : -4083,
                       count < 1 ? "Param 'orderIdList' or 'origClientOrderIdList' must be sent."
                                 : "Invalid number of batch cancel orders.");
    return;
  }
  cJSON *list = cJSON_CreateArray();
  cJSON_ArrayForEach(item, tree) {
    sim_request *request = sim_request_new(call->request->connection, "DELETE", call->request->path);
    const char *value = sim_json_item_text(item);
    sim_request_add(request, "symbol", binance_param(call, "symbol"));
    sim_request_add(request, by_client ? "origClientOrderId" : "orderId", value != NULL ? value : "");
    run_item(call, request, list, run_cancel);
  }
  cJSON_Delete(tree);
  sim_reply_json(call->reply, list);
}

void usdm_cancel_all(sim *s, uint32_t account_index, int64_t market) {
  const paper_account *account = bourse__paper_account(sim_engine(s), account_index);
  for (paper_order *order = account->open.first, *next; order != NULL; order = next) {
    next = order->owner_next;
    if (order->market >= USDM_FIRST && (market < 0 || (int64_t)order->market == market)) (void)sim_cancel(s, order);
  }
}

static void answer_done(binance_call *call, const char *text) { sim_reply_json(call->reply, binance_error(200, text)); }

static void run_cancel_all(binance_call *call) {
  int32_t market = binance_symbol(call);
  if (market < 0) return;
  usdm_cancel_all(call->s, call->account->account, market);
  answer_done(call, "The operation of cancel all open order is done.");
}

static void run_countdown(binance_call *call) {
  usdm_state *state = usdm_of(call->s);
  int64_t length_ms;
  int32_t market = binance_symbol(call);
  if (market < 0 || binance_need(call, "countdownTime") == NULL || !binance_when(call, &length_ms, "countdownTime"))
    return;
  uint32_t i = 0;
  while (i < state->countdown_count &&
         (state->countdowns[i].account != call->account->account || state->countdowns[i].market != (uint32_t)market))
    i++;
  if (i == state->countdown_count)
    state->countdowns = usdm_grow(state->countdowns, state->countdown_count++, sizeof *state->countdowns);
  state->countdowns[i] = (usdm_countdown){
      call->account->account, (uint32_t)market,
      length_ms == 0 ? 0 : sim_now_ns(call->s) + (length_ms < DAYS_MS ? length_ms : DAYS_MS) * BINANCE_MS, length_ms};
  cJSON *json = cJSON_CreateObject();
  char text[32];
  (void)snprintf(text, sizeof text, "%lld", (long long)length_ms);
  cJSON_AddStringToObject(json, "symbol", binance_param(call, "symbol"));
  cJSON_AddStringToObject(json, "countdownTime", text);
  sim_reply_json(call->reply, json);
}

/* --- Amending --- */

static void keep_amendment(sim *s, const paper_order *order, int64_t price, int64_t amount) {
  usdm_state *state = usdm_of(s);
  int32_t count = 1;
  for (uint32_t i = 0; i < state->amendment_count; i++) count += state->amendments[i].order_id == order->id;
  state->amendments = usdm_grow(state->amendments, state->amendment_count, sizeof *state->amendments);
  state->amendments[state->amendment_count++] = (usdm_amendment){
      sim_next_number(s), order->id, {price, order->price}, {amount, order->amount}, sim_clock_ns(s), count};
}

/* What is amended away, or could only be amended by trading at once where it must not, is canceled. */
static void cancel_instead(binance_call *call, const paper_order *paper) {
  (void)sim_cancel(call->s, (paper_order *)(uintptr_t)paper);
  sim_reply_json(call->reply, usdm_order_json(call->s, paper, 0));
}

static void amend(binance_call *call, const paper_order *paper, bourse_order_request *changes) {
  sim *s = call->s;
  const paper_market *m = usdm_market(s, paper->market);
  binance_leg leg;
  int64_t price = paper->price, amount = paper->amount, wanted_price, wanted;
  memset(&leg, 0, sizeof leg);
  leg.request = *changes;
  leg.request.reduce_only = paper->reduce_only ? BOURSE_YES : BOURSE_UNSET;
  leg.request.position_side = paper->position_side;
  if (!usdm_check_order(call, paper->market, &leg)) return;
  (void)bourse__paper_units(&wanted_price, &changes->price, m->price_scale);
  (void)bourse__paper_units(&wanted, &changes->amount, m->amount_scale);
  if (wanted_price == price && wanted == amount) {
    (void)binance_fail(call, 400, -5027, "No need to modify the order.");
    return;
  }
  if (wanted <= paper->filled) {
    cancel_instead(call, paper);
    return;
  }
  if (sim_edit(s, (paper_order *)(uintptr_t)paper, changes) != BOURSE_OK) {
    if (bourse__paper_error(sim_engine(s))->reason == PAPER_WOULD_TAKE)
      cancel_instead(call, paper);
    else
      (void)usdm_refused(call);
    return;
  }
  keep_amendment(s, paper, price, amount);
  sim_reply_json(call->reply, usdm_order_json(s, paper, 0));
}

static void run_modify(binance_call *call) {
  bourse_order_request changes;
  memset(&changes, 0, sizeof changes);
  changes.struct_size = sizeof changes;
  changes.api_version = BOURSE_API_VERSION;
  int32_t market = binance_symbol(call);
  const char *side = market < 0 ? NULL : binance_need(call, "side");
  if (side == NULL || binance_need(call, "quantity") == NULL || !binance_decimal(call, &changes.amount, "quantity"))
    return;
  changes.side = strcmp(side, "BUY") == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
  if (!read_price(call, (uint32_t)market, &changes)) return;
  const binance_order *order = binance_find_order(call, "orderId", "origClientOrderId", market);
  const paper_order *paper = order == NULL ? NULL : binance_paper_order(call->s, order);
  if (call->failed) return;
  if (paper == NULL || !bourse__paper_is_open(paper))
    (void)binance_fail(call, 400, -2013, "Order does not exist.");
  else if (paper->type != BOURSE_ORDER_LIMIT)
    (void)binance_fail(call, 400, -5025, "Only limit order is supported.");
  else if (paper->side != changes.side)
    (void)binance_fail(call, 400, -1117, "Invalid side.");
  else
    amend(call, paper, &changes);
}

static void run_modify_batch(binance_call *call) { usdm_each_of_list(call, "batchOrders", 5, run_modify); }

static void run_amendments(binance_call *call) {
  usdm_state *state = usdm_of(call->s);
  usdm_span span;
  int32_t market = binance_symbol(call);
  if (market < 0 || !usdm_read_span(call, &span, "", 90)) return;
  const binance_order *order = binance_find_order(call, "orderId", "origClientOrderId", market);
  if (call->failed) return;
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = state->amendment_count; i > 0 && order != NULL && span.limit-- > 0; i--) { /* newest first */
    const usdm_amendment *row = &state->amendments[i - 1];
    if (row->order_id != order->id || !usdm_within(&span, row->id, row->time_ns)) continue;
    cJSON *json = cJSON_CreateObject(), *what = cJSON_CreateObject();
    sim_json_add_integer(json, "amendmentId", (int64_t)row->id);
    cJSON_AddStringToObject(json, "symbol", binance_param(call, "symbol"));
    cJSON_AddStringToObject(json, "pair", binance_param(call, "symbol"));
    sim_json_add_integer(json, "orderId", (int64_t)row->order_id);
    cJSON_AddStringToObject(json, "clientOrderId", order->client_id);
    sim_json_add_integer(json, "time", row->time_ns / BINANCE_MS);
    cJSON *price = cJSON_AddObjectToObject(what, "price"), *amount = cJSON_AddObjectToObject(what, "origQty");
    cJSON_AddStringToObject(price, "before", binance_price(call->s, order->market, row->price[0]));
    cJSON_AddStringToObject(price, "after", binance_price(call->s, order->market, row->price[1]));
    cJSON_AddStringToObject(amount, "before", binance_amount(call->s, order->market, row->amount[0]));
    cJSON_AddStringToObject(amount, "after", binance_amount(call->s, order->market, row->amount[1]));
    sim_json_add_integer(what, "count", row->count);
    cJSON_AddItemToObject(json, "amendment", what);
    cJSON_AddItemToArray(list, json);
  }
  sim_reply_json(call->reply, list);
}

/* --- Asking --- */

static void run_query(binance_call *call) {
  int32_t market = binance_symbol(call), only_open = strstr(call->row->path, "openOrder") != NULL;
  const binance_order *order = market < 0 ? NULL : binance_find_order(call, "orderId", "origClientOrderId", market);
  const paper_order *paper = order == NULL ? NULL : binance_paper_order(call->s, order);
  if (call->failed) return;
  if (paper == NULL || (only_open && !bourse__paper_is_open(paper)))
    (void)binance_fail(call, 400, -2013, "Order does not exist.");
  else
    sim_reply_json(call->reply, usdm_order_json(call->s, paper, 1));
}

static int32_t weigh_open(const binance_call *call) { return binance_param(call, "symbol") != NULL ? 1 : 40; }
static int32_t weigh_forced(const binance_call *call) { return binance_param(call, "symbol") != NULL ? 20 : 50; }

/* Orders of the account, of one market or of all (market -1). */
static cJSON *list_orders(binance_call *call, int64_t market, int32_t only_open, int32_t only_forced,
                          const usdm_span *span) {
  const binance_state *state = binance_state_of(call->s);
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = 0; i < state->order_count; i++) {
    const binance_order *order = &state->orders[i];
    if (order->account != call->account->account || order->market < USDM_FIRST ||
        (market >= 0 && (int64_t)order->market != market) || (only_forced && order->type != USDM_LIQUIDATION))
      continue;
    const paper_order *paper = binance_paper_order(call->s, order);
    if (paper == NULL || (only_open && !bourse__paper_is_open(paper)) ||
        (span != NULL && !usdm_within(span, paper->id, paper->created_ns)))
      continue;
    cJSON_AddItemToArray(list, usdm_order_json(call->s, paper, 1));
  }
  return list;
}

static void run_open(binance_call *call) {
  int64_t market = binance_param(call, "symbol") != NULL ? binance_symbol(call) : -1;
  if (!call->failed) sim_reply_json(call->reply, list_orders(call, market, 1, 0, NULL));
}

int32_t usdm_read_span(binance_call *call, usdm_span *out, const char *id_name, int64_t days) {
  if (!binance_whole(call, &out->from_id, id_name, -1) || !binance_when(call, &out->start, "startTime") ||
      !binance_when(call, &out->end, "endTime") || !binance_whole(call, &out->limit, "limit", 500))
    return 0;
  if (out->limit > 1000) out->limit = 1000;
  if (out->start >= 0 && out->end >= 0 && out->start > out->end)
    return binance_fail(call, 400, -1023, "Start time is greater than end time.");
  int64_t most = days * BINANCE_DAY / BINANCE_MS;
  if (out->start >= 0 && out->end - out->start > most)
    return binance_fail(call, 400, -4166, "Search window is restricted to recent %lld days only.", (long long)days);
  if (out->start >= 0 && out->end < 0) out->end = out->start + most;
  return 1;
}

int32_t usdm_within(const usdm_span *span, uint64_t id, int64_t time_ns) {
  int64_t ms = time_ns / BINANCE_MS;
  return (span->from_id < 0 || (int64_t)id >= span->from_id) && (span->start < 0 || ms >= span->start) &&
         (span->end < 0 || ms <= span->end);
}

void usdm_cut(cJSON *json, const usdm_span *span) {
  int32_t begins_there = span->from_id >= 0 || span->start >= 0;
  while (cJSON_GetArraySize(json) > span->limit)
    cJSON_DeleteItemFromArray(json, begins_there ? cJSON_GetArraySize(json) - 1 : 0);
}

static void list_span(binance_call *call, int32_t only_forced) {
  usdm_span span;
  int64_t market = binance_param(call, "symbol") != NULL ? binance_symbol(call) : -1;
  if (call->failed || !usdm_read_span(call, &span, "orderId", 7)) return;
  cJSON *list = list_orders(call, market, 0, only_forced, &span);
  usdm_cut(list, &span);
  sim_reply_json(call->reply, list);
}

static void run_all(binance_call *call) { list_span(call, 0); }
static void run_liquidations(binance_call *call) { list_span(call, 1); }

static cJSON *fill_json(sim *s, const paper_fill *fill) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", usdm_market(s, fill->market)->about->id);
  sim_json_add_integer(json, "id", (int64_t)fill->id);
  sim_json_add_integer(json, "orderId", (int64_t)fill->order_id);
  cJSON_AddStringToObject(json, "side", usdm_side_text(fill->side));
  cJSON_AddStringToObject(json, "price", binance_price(s, fill->market, fill->price));
  cJSON_AddStringToObject(json, "qty", binance_amount(s, fill->market, fill->amount));
  sim_json_add_money(json, "realizedPnl", fill->realized, BINANCE_PLACES);
  sim_json_add_money(json, "quoteQty", fill->cost, BINANCE_PLACES);
  sim_json_add_money(json, "commission", fill->fee, BINANCE_PLACES);
  cJSON_AddStringToObject(json, "commissionAsset", bourse__paper_currency_code(sim_engine(s), fill->fee_currency));
  sim_json_add_integer(json, "time", fill->time_ns / BINANCE_MS);
  cJSON_AddStringToObject(json, "positionSide", usdm_position_side(fill->position_side));
  cJSON_AddBoolToObject(json, "maker", fill->role == BOURSE_MAKER);
  cJSON_AddBoolToObject(json, "buyer", fill->side == BOURSE_SIDE_BUY);
  return json;
}

static void run_fills(binance_call *call) {
  usdm_span span;
  int64_t order_id;
  int32_t market = binance_symbol(call);
  if (market < 0 || !usdm_read_span(call, &span, "fromId", 7) || !binance_whole(call, &order_id, "orderId", -1)) return;
  const paper_ring *fills = &bourse__paper_account(sim_engine(call->s), call->account->account)->fills;
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = 0; i < fills->count; i++) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    if ((int32_t)fill->market == market && (order_id < 0 || fill->order_id == (uint64_t)order_id) &&
        usdm_within(&span, fill->id, fill->time_ns))
      cJSON_AddItemToArray(list, fill_json(call->s, fill));
  }
  usdm_cut(list, &span);
  sim_reply_json(call->reply, list);
}

#define ORDER_PARAMS                                                                                                  \
  "symbol side positionSide type timeInForce quantity reduceOnly price newClientOrderId newOrderRespType priceMatch " \
  "selfTradePreventionMode goodTillDate stopPrice closePosition activationPrice callbackRate workingType priceProtect"
#define MODIFY_PARAMS "orderId origClientOrderId symbol side quantity price priceMatch modifyId reduceOnly"
#define ALGO_PARAMS                                                                                           \
  "algoType symbol side positionSide type timeInForce quantity price triggerPrice workingType priceMatch "    \
  "closePosition "                                                                                            \
  "priceProtect reduceOnly activatePrice callbackRate clientAlgoId newOrderRespType selfTradePreventionMode " \
  "goodTillDate"

#define TRADE(method_, path_, message_, weight_, orders_, run_, params_) \
  { method_, "/fapi/v1/" path_, message_, BINANCE_TRADE, BINANCE_FAPI, weight_, orders_, run_, params_, NULL }
#define READ(path_, message_, weight_, run_, params_, weigh_) \
  { "GET", "/fapi/v1/" path_, message_, BINANCE_SIGNED, BINANCE_FAPI, weight_, 0, run_, params_, weigh_ }

const binance_row binance_usdm_order_rows[] = {
    TRADE("POST", "order", "order.place", 0, 1, run_place, ORDER_PARAMS),
    TRADE("POST", "order/test", NULL, 1, 0, run_test, ORDER_PARAMS),
    TRADE("PUT", "order", "order.modify", 0, 1, run_modify, MODIFY_PARAMS),
    TRADE("DELETE", "order", "order.cancel", 1, 0, run_cancel, "symbol orderId origClientOrderId"),
    TRADE("POST", "batchOrders", NULL, 5, 5, run_batch, "batchOrders"),
    TRADE("PUT", "batchOrders", NULL, 5, 5, run_modify_batch, "batchOrders"),
    TRADE("DELETE", "batchOrders", NULL, 1, 0, run_cancel_batch,
          "symbol orderIdList origClientOrderIdList orderidlist origclientorderidlist"),
    TRADE("DELETE", "allOpenOrders", NULL, 1, 0, run_cancel_all, "symbol"),
    TRADE("POST", "countdownCancelAll", NULL, 10, 0, run_countdown, "symbol countdownTime"),
    READ("order", "order.status", 1, run_query, "symbol orderId origClientOrderId", NULL),
    READ("openOrder", NULL, 1, run_query, "symbol orderId origClientOrderId", NULL),
    READ("openOrders", NULL, 40, run_open, "symbol", weigh_open),
    READ("allOrders", NULL, 5, run_all, "symbol orderId startTime endTime limit", NULL),
    READ("userTrades", NULL, 5, run_fills, "symbol orderId startTime endTime fromId limit", NULL),
    READ("orderAmendment", NULL, 1, run_amendments, "symbol orderId origClientOrderId startTime endTime limit", NULL),
    READ("forceOrders", NULL, 50, run_liquidations, "symbol autoCloseType startTime endTime limit", weigh_forced),
    TRADE("POST", "algoOrder", "algoOrder.place", 0, 1, usdm_algo_run_place, ALGO_PARAMS),
    TRADE("DELETE", "algoOrder", "algoOrder.cancel", 1, 0, usdm_algo_run_cancel, "symbol algoId clientAlgoId"),
    TRADE("DELETE", "algoOpenOrders", NULL, 1, 0, usdm_algo_run_cancel_all, "symbol"),
    READ("algoOrder", NULL, 1, usdm_algo_run_query, "symbol algoId clientAlgoId", NULL),
    READ("openAlgoOrders", NULL, 40, usdm_algo_run_open, "algoType symbol algoId", weigh_open),
    READ("allAlgoOrders", NULL, 5, usdm_algo_run_all, "symbol algoId startTime endTime page limit", NULL),
    {0},
};
