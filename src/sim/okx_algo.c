/* sim/okx_algo.c - conditional orders: take-profit and stop-loss, one or both, triggers, trailing stops; those that come with an
 * order; icebergs. Follows "Algo Trading" of the exchange's V5 documents. TWAP and chase orders are refused. */
#include "okx.h"

static const char *const kinds[] = {"", "conditional", "oco", "trigger", "move_order_stop", "iceberg"};
static const char *const by_names[] = {"", "last", "mark", "index"};

static void add(cJSON *json, const char *name, const char *text) { cJSON_AddStringToObject(json, name, text); }

/* --- Telling --- */

static const char *state_of(const okx_order *algo) {
  switch (algo->o.own.status) {
    case BOURSE_ORDER_UNTRIGGERED: return "live";
    case BOURSE_ORDER_FILLED: return "effective";
    case BOURSE_ORDER_REJECTED: return "order_failed";
    default: return "canceled";
  }
}

/* "-1" where it becomes a market order. */
static const char *limit_text(const sim_trigger *trigger) {
  if (trigger->price == 0) return "";
  return bourse_decimal_is_present(&trigger->limit) ? sim_decimal_text(&trigger->limit) : "-1";
}

static void add_trigger(cJSON *json, sim *s, const okx_order *algo, int32_t i, const char *price, const char *by,
                        const char *limit) {
  const sim_trigger *trigger = &algo->o.triggers[i];
  int32_t there = trigger->price != 0;
  add(json, price, there ? okx_price(s, algo->o.market, trigger->price) : "");
  add(json, by, there ? by_names[trigger->by] : "");
  add(json, limit, limit_text(trigger));
}

static void add_resting(cJSON *json, const okx_order *algo) {
  add(json, "tpTriggerPx", "");
  add(json, "tpTriggerPxType", "");
  add(json, "tpOrdPx", sim_decimal_text(&algo->o.triggers[0].limit));
}

static void add_trail(cJSON *json, sim *s, const okx_order *algo) {
  const sim_trail *trail = &algo->o.trail;
  int32_t trails = algo->kind == OKX_TRAILING;
  bourse_decimal ratio = bourse__paper_decimal(trail->millionths, 8);
  bourse_decimal_trim(&ratio, &ratio);
  add(json, "callbackRatio", trails && algo->percent_trail ? sim_decimal_text(&ratio) : "");
  add(json, "callbackSpread", trails && !algo->percent_trail ? okx_price(s, algo->o.market, trail->distance) : "");
  add(json, "activePx", trails && trail->activation != 0 ? okx_price(s, algo->o.market, trail->activation) : "");
  add(json, "moveTriggerPx", trails && trail->active ? okx_price(s, algo->o.market, trail->extreme) : "");
}

cJSON *okx_algo_json(sim *s, const okx_order *algo) {
  static const char *const empty[] = {"ccy", "timeInterval", "quickMgnType", "last", "failCode"};
  const okx_order *child = (const okx_order *)sim_order_by_id(&okx_of(s)->orders, algo->child);
  const paper_order *became = child == NULL ? NULL : sim_order_paper(s, &child->o);
  const bourse_order_request *request = &algo->o.request;
  int64_t filled = became == NULL ? 0 : became->filled;
  int32_t plain = algo->kind == OKX_TRIGGER;
  cJSON *json = cJSON_CreateObject();
  add(json, "algoId", okx_id(algo->o.id));
  add(json, "algoClOrdId", algo->o.client_id);
  add(json, "clOrdId", "");
  add(json, "instType", okx_type(algo->o.market));
  add(json, "instId", okx_market(s, algo->o.market)->about->id);
  add(json, "ordType", kinds[algo->kind]);
  add(json, "state", state_of(algo));
  add(json, "side", request->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  add(json, "posSide", algo->position);
  add(json, "tdMode", algo->mode);
  add(json, "tag", algo->tag);
  add(json, "tgtCcy", algo->has_target ? (algo->in_quote ? "quote_ccy" : "base_ccy") : "");
  add(json, "reduceOnly", request->reduce_only > 0 ? "true" : "false");
  add(json, "sz",
      algo->o.closes   ? ""
      : algo->in_quote ? sim_decimal_text(&request->cost)
                       : okx_size_of(s, algo->o.market, algo->resting != 0 ? &algo->whole : &request->amount));
  add(json, "closeFraction", algo->o.closes ? "1" : "");
  if (plain) {
    add_trigger(json, s, algo, 0, "triggerPx", "triggerPxType", "ordPx");
  } else {
    add(json, "triggerPx", "");
    add(json, "triggerPxType", "");
    add(json, "ordPx", "");
    if (algo->resting == 0 || algo->kind == OKX_ICEBERG)
      add_trigger(json, s, algo, 0, "tpTriggerPx", "tpTriggerPxType", "tpOrdPx");
    if (algo->resting != 0 && algo->kind != OKX_ICEBERG) add_resting(json, algo);
    add_trigger(json, s, algo, 1, "slTriggerPx", "slTriggerPxType", "slOrdPx");
  }
  if (plain) {
    static const char *const none[] = {"tpTriggerPx", "tpTriggerPxType", "tpOrdPx",
                                       "slTriggerPx", "slTriggerPxType", "slOrdPx"};
    for (int32_t i = 0; i < 6; i++) add(json, none[i], "");
  }
  add_trail(json, s, algo);
  add(json, "ordId", okx_id(algo->child));
  cJSON *ids = cJSON_AddArrayToObject(json, "ordIdList");
  if (algo->child != 0) cJSON_AddItemToArray(ids, cJSON_CreateString(okx_id(algo->child)));
  bourse_decimal average = bourse__paper_average(
      okx_market(s, algo->o.market), became == NULL ? 0 : became->cost_filled, became == NULL ? 0 : became->filled, 4);
  if (algo->kind == OKX_ICEBERG) average = okx_iceberg_average(s, algo, &filled);
  add(json, "actualSz", okx_size(s, algo->o.market, filled));
  add(json, "actualPx", filled == 0 ? "" : sim_decimal_text(&average));
  okx_iceberg_add(json, s, algo);
  add(json, "actualSide", algo->o.fired == 0 || plain ? "" : algo->o.fired == 1 ? "tp" : "sl");
  add(json, "lever",
      okx_is_spot(algo->o.market)
          ? ""
          : sim_units_text(okx_account(s, algo->o.account)->holdings[algo->o.market].leverage, 0, 0));
  cJSON_AddArrayToObject(json, "attachAlgoOrds");
  add(cJSON_AddObjectToObject(json, "linkedOrd"), "ordId", okx_id(algo->algo));
  add(json, "triggerTime", okx_ms(s, algo->o.fired_ns));
  add(json, "cTime", okx_ms(s, algo->o.own.created_ns));
  add(json, "uTime", okx_ms(s, algo->o.own.updated_ns));
  for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++) add(json, empty[i], "");
  return json;
}

/* --- Life --- */

okx_order *okx_algo_part_new(sim *s, const okx_order *algo, const char *type) {
  okx_order *part = (okx_order *)sim_order_new(s, &okx_of(s)->orders, algo->o.account, algo->o.market);
  part->type = type;
  memcpy(part->tag, algo->tag, sizeof part->tag);
  memcpy(part->mode, algo->mode, sizeof part->mode);
  memcpy(part->position, algo->position, sizeof part->position);
  part->in_quote = algo->in_quote;
  part->has_target = algo->has_target;
  part->algo = algo->o.id;
  return part;
}

/* The two are one position's exits: what the one has filled is not left for the other, and one that is done ends the other. */
static void look_at_part(sim *s, okx_order *algo, const paper_order *part) {
  bourse_decimal filled = bourse__paper_decimal(part->filled, okx_market(s, algo->o.market)->amount_scale);
  if (algo->o.state != SIM_ORDER_WAITS) return;
  (void)bourse_decimal_sub(&algo->o.request.amount, &algo->whole, &filled);
  if (bourse__paper_is_open(part)) return;
  if (part->status == BOURSE_ORDER_FILLED) {
    algo->child = algo->resting;
    algo->o.fired = 1;
    algo->o.fired_ns = sim_now_ns(s);
  } /* which is "effective" */
  sim_order_end(s, &okx_of(s)->orders, &algo->o,
                part->status == BOURSE_ORDER_FILLED ? BOURSE_ORDER_FILLED : BOURSE_ORDER_CANCELED, PAPER_LIST);
}

/* The take-profit goes into the book. PAPER_NO_REASON, or why not. */
static int32_t rest(sim *s, okx_order *algo) {
  sim_orders *orders = &okx_of(s)->orders;
  bourse_order_request request = algo->o.request;
  okx_order *part = okx_algo_part_new(s, algo, "limit");
  request.type = BOURSE_ORDER_LIMIT;
  request.price = algo->o.triggers[0].limit;
  algo->whole = request.amount;
  algo->resting = part->o.id;
  int32_t reason = sim_order_place(s, orders, &part->o, &request);
  if (reason == PAPER_NO_REASON) {
    algo->o.triggers[0].price = 0;
  } else {
    algo->resting = 0;
    sim_order_drop(orders, &part->o);
  }
  return reason;
}

static const sim_order *resting_of(sim *s, const okx_order *algo) {
  return algo->resting == 0 ? NULL : sim_order_by_id(&okx_of(s)->orders, algo->resting);
}

static void end_resting(sim *s, const okx_order *algo) {
  const sim_order *part = resting_of(s, algo);
  if (part != NULL) (void)sim_order_cancel(s, &okx_of(s)->orders, (sim_order *)(uintptr_t)part);
}

void okx_algo_part(sim *s, const okx_order *order) {
  okx_order *algo = order->algo == 0 ? NULL : (okx_order *)sim_order_by_id(&okx_of(s)->orders, order->algo);
  if (algo != NULL && algo->kind != OKX_ICEBERG && algo->resting == order->o.id) look_at_part(s, algo, &order->o.own);
}

/* Take-profits that came with a fill, and what icebergs show. Where there are no funds they wait for their price. */
void okx_algo_tick(sim *s) {
  okx_state *state = okx_of(s);
  uint32_t count = state->orders.count;
  int32_t icebergs = 0;
  for (uint32_t i = 0; (state->rests_due || state->icebergs) && i < count; i++) {
    okx_order *algo = (okx_order *)state->orders.items[i];
    if (algo->kind == OKX_ICEBERG && algo->o.state == SIM_ORDER_WAITS) icebergs += okx_iceberg_step(s, algo);
    if (algo->kind == OKX_PLAIN || !algo->attached.limited || algo->resting != 0 || algo->o.state != SIM_ORDER_WAITS)
      continue;
    algo->attached.limited = 0;
    if (rest(s, algo) == PAPER_NO_REASON) look_at_part(s, algo, sim_order_paper(s, resting_of(s, algo)));
  }
  state->rests_due = 0;
  state->icebergs = icebergs;
}

sim_order *okx_algo_child(sim *s, sim_order *order) {
  okx_order *algo = (okx_order *)order;
  int32_t limited = bourse_decimal_is_present(&order->triggers[order->fired - 1].limit);
  okx_order *child = okx_algo_part_new(s, algo, limited ? "limit" : "market");
  algo->child = child->o.id;
  order->state = SIM_ORDER_ENDED;
  order->own.status = BOURSE_ORDER_FILLED; /* which is "effective" */
  order->own.updated_ns = sim_now_ns(s);
  okx_tell_order(s, algo, &order->own);
  end_resting(s, algo); /* the stop has fired: its funds are the stop's now */
  return &child->o;
}

/* --- Reading --- */

static int32_t by_of(okx_call *call, const char *text, int32_t *out) {
  *out = BOURSE_PRICE_LAST;
  for (int32_t i = 1; text != NULL && text[0] != '\0' && i < 4; i++)
    if (strcmp(by_names[i], text) == 0) *out = i;
  if (text == NULL || text[0] == '\0' || strcmp(by_names[*out], text) == 0) return 1;
  return okx_fail(call, 51000, "Parameter triggerPxType error");
}

/* A price, and what becomes of it: a limit, or "-1" for the market. */
static int32_t read_pair(okx_call *call, const cJSON *from, const char *price_name, const char *limit_name,
                         const char *by_name, bourse_decimal *price, bourse_decimal *limit, int32_t *by) {
  const char *price_text = sim_json_text(from, price_name), *limit_text_ = sim_json_text(from, limit_name);
  memset(price, 0, sizeof *price);
  memset(limit, 0, sizeof *limit);
  if (!by_of(call, sim_json_text(from, by_name), by)) return 0;
  if (price_text == NULL || price_text[0] == '\0') return 1;
  if (!sim_decimal(price, price_text) || bourse_decimal_sign(price) <= 0)
    return okx_fail(call, 51000, "Parameter %s error", price_name);
  if (limit_text_ == NULL || limit_text_[0] == '\0')
    return okx_fail(call, 51000, "Parameter %s can not be empty.", limit_name);
  if (strcmp(limit_text_, "-1") == 0) return 1;
  return sim_decimal(limit, limit_text_) && bourse_decimal_sign(limit) > 0
             ? 1
             : okx_fail(call, 51000, "Parameter %s error", limit_name);
}

/* A take-profit of the kind "limit" has no price that fires it: it is in the book at once. */
int32_t okx_read_attached(okx_call *call, okx_attached *out, const cJSON *from) {
  const char *client_id = sim_json_text(from, "attachAlgoClOrdId"), *kind = sim_json_text(from, "tpOrdKind");
  int32_t limited = kind != NULL && strcmp(kind, "limit") == 0;
  memset(out, 0, sizeof *out);
  if (!cJSON_IsObject(from)) return 1;
  out->limited = limited;
  if (client_id != NULL && strlen(client_id) < sizeof out->client_id)
    (void)snprintf(out->client_id, sizeof out->client_id, "%s", client_id);
  if (kind != NULL && kind[0] != '\0' && !limited && strcmp(kind, "condition") != 0)
    return okx_fail(call, 51000, "Parameter tpOrdKind error");
  return read_pair(call, from, limited ? "tpOrdPx" : "tpTriggerPx", "tpOrdPx", "tpTriggerPxType", &out->prices[0],
                   &out->limits[0], &out->by[0]) &&
         read_pair(call, from, "slTriggerPx", "slOrdPx", "slTriggerPxType", &out->prices[1], &out->limits[1],
                   &out->by[1]);
}

static int64_t reference(sim *s, uint32_t m, int32_t by) {
  const paper_market *market = okx_market(s, m);
  int64_t price = by == BOURSE_PRICE_LAST    ? market->last
                  : by == BOURSE_PRICE_INDEX ? market->index_price
                                             : okx_mark(s, m);
  return price != 0 ? price : market->last;
}

/* Take-profit and stop-loss: which way each is follows from the side. */
static void set_pair(sim *s, okx_order *algo, int32_t i, const bourse_decimal *price, const bourse_decimal *limit,
                     int32_t by) {
  int32_t sells = algo->o.request.side == BOURSE_SIDE_SELL;
  sim_trigger *trigger = &algo->o.triggers[i];
  *trigger = (sim_trigger){0, sells == (i == 0), by, *limit};
  if (bourse_decimal_is_present(price))
    (void)bourse__paper_units(&trigger->price, price, okx_market(s, algo->o.market)->price_scale);
}

static int32_t check_sides(okx_call *call, const okx_order *algo) {
  int32_t sells = algo->o.request.side == BOURSE_SIDE_SELL;
  for (int32_t i = 0; i < 2; i++) {
    const sim_trigger *trigger = &algo->o.triggers[i];
    int64_t now = reference(call->s, algo->o.market, trigger->by);
    if (trigger->price == 0 || now == 0 || (trigger->rises ? trigger->price > now : trigger->price < now)) continue;
    if (i == 0)
      return okx_fail(call, sells ? 51277 : 51279, "TP trigger price cannot be %s than the last price",
                      sells ? "lower" : "higher");
    return okx_fail(call, sells ? 51278 : 51280, "SL trigger price cannot be %s than the last price",
                    sells ? "higher" : "lower");
  }
  return 1;
}

static int32_t read_exits(okx_call *call, okx_order *algo) {
  okx_attached exits;
  if (!okx_read_attached(call, &exits, call->body)) return 0;
  for (int32_t i = 0; i < 2; i++) set_pair(call->s, algo, i, &exits.prices[i], &exits.limits[i], exits.by[i]);
  algo->attached.limited = exits.limited;
  if (exits.limited && algo->o.closes) return okx_fail(call, 51000, "Parameter tpOrdKind error");
  int32_t count = (algo->o.triggers[0].price != 0) + (algo->o.triggers[1].price != 0);
  if (count == 0 || (algo->kind == OKX_OCO && count != 2))
    return okx_fail(call, 51000, "Parameter %s error", algo->o.triggers[0].price == 0 ? "tpTriggerPx" : "slTriggerPx");
  return check_sides(call, algo);
}

static int32_t read_plain(okx_call *call, okx_order *algo) {
  bourse_decimal price, limit;
  int32_t by;
  const char *name = okx_param(call, "orderPx") != NULL ? "orderPx" : "ordPx";
  if (okx_need(call, "triggerPx") == NULL ||
      !read_pair(call, call->body, "triggerPx", name, "triggerPxType", &price, &limit, &by))
    return 0;
  sim_trigger *trigger = &algo->o.triggers[0];
  *trigger = (sim_trigger){0, 0, by, limit};
  if (!bourse__paper_units(&trigger->price, &price, okx_market(call->s, algo->o.market)->price_scale))
    return okx_fail(call, 51000, "Parameter triggerPx error");
  trigger->rises = trigger->price > reference(call->s, algo->o.market, by);
  return 1;
}

static int32_t read_trail(okx_call *call, okx_order *algo) {
  const paper_market *market = okx_market(call->s, algo->o.market);
  bourse_decimal ratio, spread, active;
  if (!okx_decimal(call, &ratio, "callbackRatio") || !okx_decimal(call, &spread, "callbackSpread") ||
      !okx_decimal(call, &active, "activePx"))
    return 0;
  algo->percent_trail = bourse_decimal_is_present(&ratio) > 0;
  if (algo->percent_trail == (bourse_decimal_is_present(&spread) > 0))
    return okx_fail(call, 51000, "Parameter callbackRatio error");
  sim_trail *trail = &algo->o.trail;
  *trail = (sim_trail){0, 0, 0, 0, BOURSE_PRICE_LAST, 0};
  if (algo->percent_trail && (!bourse__paper_units(&trail->millionths, &ratio, 8) || trail->millionths < 100000 ||
                              trail->millionths > 100000000))
    return okx_fail(call, 51000, "Parameter callbackRatio error");
  if (!algo->percent_trail && !bourse__paper_units(&trail->distance, &spread, market->price_scale))
    return okx_fail(call, 51000, "Parameter callbackSpread error");
  (void)bourse__paper_units(&trail->activation, &active, market->price_scale);
  algo->o.triggers[0].by = BOURSE_PRICE_LAST;
  return 1;
}

static int32_t read_size(okx_call *call, okx_order *algo) {
  const char *fraction = okx_param(call, "closeFraction"), *target = okx_param(call, "tgtCcy");
  bourse_order_request *request = &algo->o.request;
  bourse_decimal size;
  if (fraction != NULL) {
    algo->o.closes = 1;
    if (!okx_account(call->s, algo->o.account)->hedged) request->reduce_only = BOURSE_YES;
    return strcmp(fraction, "1") == 0 && !okx_is_spot(algo->o.market)
               ? 1
               : okx_fail(call, 51000, "Parameter closeFraction error");
  }
  if (okx_need(call, "sz") == NULL || !okx_decimal(call, &size, "sz")) return 0;
  algo->has_target = target != NULL && okx_is_spot(algo->o.market);
  algo->in_quote = algo->has_target && strcmp(target, "quote_ccy") == 0;
  if (algo->in_quote)
    request->cost = size;
  else
    (void)okx_read_size(algo->o.market, &request->amount, &size);
  return okx_check_size(call, okx_market(call->s, algo->o.market), request);
}

static int32_t read_algo(okx_call *call, okx_order *algo) {
  const char *type = okx_need(call, "ordType");
  bourse_order_request *request = &algo->o.request;
  if (type == NULL) return 0;
  for (int32_t i = OKX_CONDITIONAL; i <= OKX_ICEBERG; i++)
    if (strcmp(kinds[i], type) == 0) algo->kind = i;
  if (algo->kind == OKX_PLAIN) return okx_fail(call, 51000, "Parameter ordType error");
  algo->type = kinds[algo->kind];
  request->struct_size = sizeof *request;
  request->api_version = BOURSE_API_VERSION;
  request->type = BOURSE_ORDER_MARKET;
  if (!okx_read_client_id(call, algo, "algoClOrdId") || !okx_read_side(call, algo, request) || !read_size(call, algo))
    return 0;
  return algo->kind == OKX_TRIGGER    ? read_plain(call, algo)
         : algo->kind == OKX_TRAILING ? read_trail(call, algo)
         : algo->kind == OKX_ICEBERG  ? okx_iceberg_read(call, algo)
                                      : read_exits(call, algo);
}

/* --- Calls --- */

static void tell_ids(okx_call *call, const okx_order *algo) {
  cJSON *row = cJSON_CreateObject();
  add(row, "algoId", okx_id(algo->o.id));
  add(row, "algoClOrdId", algo->o.client_id);
  add(row, "clOrdId", "");
  okx_add(call, row);
}

static void run_place(okx_call *call) {
  sim_orders *orders = &okx_of(call->s)->orders;
  int32_t market = okx_instrument(call);
  if (market < 0) return;
  okx_order *algo = (okx_order *)sim_order_new(call->s, orders, call->account->account, (uint32_t)market);
  if (!read_algo(call, algo)) {
    sim_order_drop(orders, &algo->o);
    return;
  }
  bourse_order_request request = algo->o.request;
  if (algo->kind == OKX_TRAILING)
    (void)sim_order_would_fire(&algo->o, BOURSE_PRICE_LAST, okx_market(call->s, (uint32_t)market)->last);
  int32_t reason = algo->attached.limited ? rest(call->s, algo) : PAPER_NO_REASON;
  if (reason != PAPER_NO_REASON) {
    (void)okx_refused(call, reason, (uint32_t)market);
    sim_order_drop(orders, &algo->o);
    return;
  }
  sim_order_wait(call->s, orders, &algo->o, &request);
  if (algo->resting != 0) look_at_part(call->s, algo, sim_order_paper(call->s, resting_of(call->s, algo)));
  tell_ids(call, algo);
}

static void run_cancel(okx_call *call) {
  int32_t market = okx_instrument(call);
  okx_order *algo = market < 0 ? NULL : okx_find(call, market, 1);
  if (call->failed) return;
  if (algo == NULL || !sim_order_cancel(call->s, &okx_of(call->s)->orders, &algo->o)) {
    (void)okx_fail(call, 51400, "Cancellation failed as the order has been filled, canceled or does not exist.");
    return;
  }
  end_resting(call->s, algo);
  tell_ids(call, algo);
}

/* What is not sent stays. */
static int32_t amend_pair(okx_call *call, okx_order *algo, int32_t i, const char *price_name, const char *limit_name) {
  sim_trigger *trigger = &algo->o.triggers[i];
  const char *limit = okx_param(call, limit_name);
  bourse_decimal price;
  if (!okx_decimal(call, &price, price_name)) return 0;
  if (bourse_decimal_is_present(&price) &&
      !bourse__paper_units(&trigger->price, &price, okx_market(call->s, algo->o.market)->price_scale))
    return okx_fail(call, 51000, "Parameter %s error", price_name);
  if (limit == NULL) return 1;
  memset(&trigger->limit, 0, sizeof trigger->limit);
  return strcmp(limit, "-1") == 0 || sim_decimal(&trigger->limit, limit)
             ? 1
             : okx_fail(call, 51000, "Parameter %s error", limit_name);
}

/* The order in the book, and what is left of it for the stop. */
static int32_t amend_resting(okx_call *call, okx_order *algo, bourse_order_request *request) {
  const paper_order *part = sim_order_paper(call->s, resting_of(call->s, algo));
  bourse_order_request changes = BOURSE_ORDER_REQUEST_INIT;
  if (okx_param(call, "newSz") != NULL) changes.amount = algo->whole = request->amount;
  changes.price = algo->o.triggers[0].limit;
  if (sim_edit(call->s, (paper_order *)(uintptr_t)part, &changes) != BOURSE_OK) {
    int32_t reason = bourse__paper_error(sim_engine(call->s))->reason;
    if (reason != PAPER_NO_CHANGE) return okx_refused(call, reason, algo->o.market);
  }
  bourse_decimal filled = bourse__paper_decimal(part->filled, okx_market(call->s, algo->o.market)->amount_scale);
  (void)bourse_decimal_sub(&request->amount, &algo->whole, &filled);
  return 1;
}

static void run_amend(okx_call *call) {
  int32_t market = okx_instrument(call);
  okx_order *algo = market < 0 ? NULL : okx_find(call, market, 1);
  bourse_decimal size;
  if (call->failed) return;
  if (algo == NULL || algo->o.state != SIM_ORDER_WAITS) {
    (void)okx_fail(call, 51503, "Your order does not exist.");
    return;
  }
  bourse_order_request request = algo->o.request;
  if (!okx_decimal(call, &size, "newSz")) return;
  if (bourse_decimal_is_present(&size)) (void)okx_read_size(algo->o.market, &request.amount, &size);
  if (algo->kind == OKX_TRIGGER) {
    if (!amend_pair(call, algo, 0, "newTriggerPx", "newOrdPx")) return;
    algo->o.triggers[0].rises = algo->o.triggers[0].price > reference(call->s, algo->o.market, algo->o.triggers[0].by);
  } else if (!amend_pair(call, algo, 0, "newTpTriggerPx", "newTpOrdPx") ||
             !amend_pair(call, algo, 1, "newSlTriggerPx", "newSlOrdPx")) {
    return;
  }
  if (algo->resting != 0 && !amend_resting(call, algo, &request)) return;
  if (algo->o.state == SIM_ORDER_WAITS) /* it may have found its price in the book, and is done */
    sim_order_wait(call->s, &okx_of(call->s)->orders, &algo->o, &request);
  tell_ids(call, algo);
}

static void run_query(okx_call *call) {
  okx_order *algo = okx_find(call, -1, 1);
  if (call->failed) return;
  if (algo == NULL)
    (void)okx_fail(call, 51603, "Order does not exist");
  else
    okx_add(call, okx_algo_json(call->s, algo));
}

static void list_algos(okx_call *call, int32_t open) {
  const sim_orders *orders = &okx_of(call->s)->orders;
  const char *types = okx_need(call, "ordType"), *state = okx_param(call, "state"), *id = okx_param(call, "algoId"),
             *client_id = okx_param(call, "algoClOrdId");
  okx_page page;
  uint32_t mask;
  if (types == NULL || !okx_chosen(call, &mask, 0) || !okx_read_page(call, &page, 100)) return;
  if (!open && state == NULL && id == NULL) {
    (void)okx_fail(call, 50015, "Either parameter state or algoId is required");
    return;
  }
  for (uint32_t i = orders->count; i-- > 0 && page.limit > 0;) {
    const okx_order *algo = (const okx_order *)orders->items[i];
    if (algo->o.account != call->account->account || algo->kind == OKX_PLAIN || (mask >> algo->o.market & 1) == 0 ||
        !sim_is_listed(types, kinds[algo->kind]) || (algo->o.state == SIM_ORDER_WAITS) != open ||
        (state != NULL && !open && strcmp(state, state_of(algo)) != 0) ||
        (id != NULL && okx_id_number(id) != algo->o.id) ||
        (client_id != NULL && strcmp(client_id, algo->o.client_id) != 0) ||
        algo->o.id >= (page.after == UINT64_MAX ? UINT64_MAX : okx_id_number(okx_param(call, "after"))))
      continue;
    okx_add(call, okx_algo_json(call->s, algo));
    page.limit--;
  }
}

static void run_open(okx_call *call) { list_algos(call, 1); }
static void run_history(okx_call *call) { list_algos(call, 0); }

/* --- What an order brings along --- When it has ended, for what of it was filled. */

void okx_attach(sim *s, okx_order *parent) {
  const okx_attached *exits = &parent->attached;
  int32_t gain = bourse_decimal_is_present(&exits->prices[0]) > 0,
          loss = bourse_decimal_is_present(&exits->prices[1]) > 0;
  if (parent->kind != OKX_PLAIN || parent->is_attached || !(gain || loss) || parent->o.own.filled == 0) return;
  sim_orders *orders = &okx_of(s)->orders;
  parent->is_attached = 1;
  okx_order *algo = (okx_order *)sim_order_new(s, orders, parent->o.account, parent->o.market);
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  algo->kind = gain && loss ? OKX_OCO : OKX_CONDITIONAL;
  algo->type = kinds[algo->kind];
  algo->algo = parent->o.id; /* linkedOrd */
  memcpy(algo->mode, parent->mode, sizeof algo->mode);
  memcpy(algo->position, parent->position, sizeof algo->position);
  memcpy(algo->o.client_id, exits->client_id, sizeof exits->client_id);
  request.side = parent->o.request.side == BOURSE_SIDE_BUY ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  request.type = BOURSE_ORDER_MARKET;
  request.position_side = parent->o.request.position_side;
  request.self_trade = BOURSE_SELF_TRADE_CANCEL_MAKER;
  request.amount = bourse__paper_decimal(parent->o.own.filled, okx_market(s, parent->o.market)->amount_scale);
  if (!okx_is_spot(parent->o.market) && request.position_side == 0) request.reduce_only = BOURSE_YES;
  algo->o.request = request;
  for (int32_t i = 0; i < 2; i++) set_pair(s, algo, i, &exits->prices[i], &exits->limits[i], exits->by[i]);
  algo->attached.limited = exits->limited;
  if (exits->limited) okx_of(s)->rests_due = 1;
  sim_order_wait(s, orders, &algo->o, &request);
}

#define TRADE(path_, limit_, several_, run_) \
  { "POST", "/api/v5/trade/" path_, NULL, OKX_TRADE, OKX_BY_USER, limit_, 2, several_, 1, run_ }
#define READ(path_, limit_, run_) \
  { "GET", "/api/v5/trade/" path_, NULL, OKX_READ, OKX_BY_USER, limit_, 2, 0, 0, run_ }

const okx_row okx_algo_rows[] = {
    TRADE("order-algo", 20, 0, run_place),
    TRADE("cancel-algos", 20, 10, run_cancel),
    TRADE("cancel-advance-algos", 20, 10, run_cancel),
    TRADE("amend-algos", 20, 0, run_amend),
    READ("order-algo", 20, run_query),
    READ("orders-algo-pending", 20, run_open),
    READ("orders-algo-history", 20, run_history),
    {0},
};
