/* sim/coinbase_orders.c - placing, previewing, changing and canceling: "Orders" of Advanced Trade's REST reference. */
#include "coinbase.h"

/* --- Configurations --- */

enum { PLAIN = 0, STOPS, BRACKET, UNSUPPORTED };

typedef struct kind {
  const char *name;
  int32_t type, time_in_force, form;
} kind;

static const kind kinds[] = {
    {"market_market_ioc", BOURSE_ORDER_MARKET, BOURSE_IMMEDIATE_OR_CANCEL, PLAIN},
    {"market_market_fok", BOURSE_ORDER_MARKET, BOURSE_FILL_OR_KILL, PLAIN},
    {"limit_limit_gtc", BOURSE_ORDER_LIMIT, BOURSE_GOOD_TILL_CANCELED, PLAIN},
    {"limit_limit_gtd", BOURSE_ORDER_LIMIT, BOURSE_GOOD_TILL_DATE, PLAIN},
    {"limit_limit_fok", BOURSE_ORDER_LIMIT, BOURSE_FILL_OR_KILL, PLAIN},
    {"sor_limit_ioc", BOURSE_ORDER_LIMIT, BOURSE_IMMEDIATE_OR_CANCEL, PLAIN},
    {"stop_limit_stop_limit_gtc", BOURSE_ORDER_LIMIT, BOURSE_GOOD_TILL_CANCELED, STOPS},
    {"stop_limit_stop_limit_gtd", BOURSE_ORDER_LIMIT, BOURSE_GOOD_TILL_DATE, STOPS},
    {"trigger_bracket_gtc", BOURSE_ORDER_LIMIT, BOURSE_GOOD_TILL_CANCELED, BRACKET},
    {"trigger_bracket_gtd", BOURSE_ORDER_LIMIT, BOURSE_GOOD_TILL_DATE, BRACKET},
    {"twap_limit_gtd", 0, 0, UNSUPPORTED},
    {"scaled_limit_gtc", 0, 0, UNSUPPORTED},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* Why an order was refused: 200, and success that is false. */
typedef struct refusal {
  const char *error, *preview, *message;
} refusal;

static const refusal none = {NULL, NULL, NULL};

/* What a client asked for. */
typedef struct wish {
  const kind *kind;
  const cJSON *terms; /* the configuration's members */
  uint32_t market;
  bourse_order_request request;
  bourse_order_request stop; /* the second leg of a bracket */
  int32_t direction;
} wish;

/* --- Refusals --- */

static refusal refused(const char *error, const char *preview, const char *message) {
  return (refusal){error, preview, message};
}

/* The engine's reason in Coinbase's words. */
static refusal engine_refusal(sim *s, const wish *asked) {
  const paper_error *error = bourse__paper_error(sim_engine(s));
  const char *field = error->field == NULL ? "" : error->field;
  int32_t quote = bourse_decimal_is_present(&asked->request.cost);
  switch (error->reason) {
    case PAPER_NO_FUNDS:
      return refused(
          "INSUFFICIENT_FUND",
          coinbase_is_future(asked->market) ? "PREVIEW_INSUFFICIENT_FUNDS_FOR_FUTURES" : "PREVIEW_INSUFFICIENT_FUND",
          "Insufficient balance in source account");
    case PAPER_BAD_TICK:
      return refused("INVALID_PRICE_PRECISION", "PREVIEW_INVALID_PRICE_PRECISION", "Too many decimals in order price");
    case PAPER_BAD_STEP:
      return refused("INVALID_SIZE_PRECISION", "PREVIEW_INVALID_SIZE_PRECISION", "Too many decimals in order amount");
    case PAPER_AMOUNT_MIN:
      return refused("UNKNOWN_FAILURE_REASON", "PREVIEW_INVALID_BASE_SIZE_TOO_SMALL", "Order size is too small");
    case PAPER_COST_MIN:
      return refused("UNKNOWN_FAILURE_REASON", "PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL", "Order size is too small");
    case PAPER_AMOUNT_MAX:
    case PAPER_TOO_LARGE:
      return refused("UNKNOWN_FAILURE_REASON",
                     quote ? "PREVIEW_INVALID_QUOTE_SIZE_TOO_LARGE" : "PREVIEW_INVALID_BASE_SIZE_TOO_LARGE",
                     "Order size is too large");
    case PAPER_PRICE_RANGE:
      return refused("INVALID_LIMIT_PRICE", "PREVIEW_INVALID_LIMIT_PRICE", "Limit price is invalid");
    case PAPER_WOULD_TAKE:
      return refused("INVALID_LIMIT_PRICE_POST_ONLY", "PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY",
                     "Post only orders must not match immediately");
    case PAPER_WOULD_TRIGGER:
      return asked->direction == BOURSE_TRIGGER_RISE
                 ? refused("UNKNOWN_FAILURE_REASON", "PREVIEW_STOP_PRICE_BELOW_LAST_TRADE_PRICE",
                           "Stop price is below the last trade price")
                 : refused("UNKNOWN_FAILURE_REASON", "PREVIEW_STOP_PRICE_ABOVE_LAST_TRADE_PRICE",
                           "Stop price is above the last trade price");
    case PAPER_NO_LIQUIDITY: return refused("INVALID_NO_LIQUIDITY", "PREVIEW_INVALID_NO_LIQUIDITY", "No liquidity");
    case PAPER_TOO_MANY:
      return refused("TOO_MANY_OPEN_ORDERS", "UNKNOWN_PREVIEW_FAILURE_REASON", "Too many open orders");
    default: return refused("INVALID_REQUEST", "UNKNOWN_PREVIEW_FAILURE_REASON", field);
  }
}

/* Taken, and ended at once. */
static const char *ends_at_once(int32_t reason) {
  switch (reason) {
    case PAPER_UNFILLED: return "Order was not filled";
    case PAPER_SELF_TRADE: return "Self trade prevention";
    default: return NULL;
  }
}

/* --- Reading --- */

static const char *term(const wish *asked, const char *name) {
  const char *text = sim_json_text(asked->terms, name);
  return text != NULL && text[0] != '\0' ? text : NULL;
}

static int32_t is_positive(const bourse_decimal *value) {
  return bourse_decimal_is_present(value) && bourse_decimal_sign(value) > 0;
}

/* quote_size has the fee in it. */
static void read_quote(wish *asked, const char *text) {
  bourse_decimal rate = coinbase_rows[asked->market].taker, one = {1, 0, 0, BOURSE_DECIMAL_PRESENT}, whole;
  if (!sim_decimal(&asked->request.cost, text)) return;
  if (bourse_decimal_add(&whole, &one, &rate) == BOURSE_OK)
    (void)bourse_decimal_div(&asked->request.cost, &asked->request.cost, &whole, 8, BOURSE_ROUND_DOWN);
}

static refusal read_sizes(wish *asked) {
  const char *base = term(asked, "base_size"), *quote = term(asked, "quote_size");
  const refusal empty = {"UNKNOWN_FAILURE_REASON", "PREVIEW_INVALID_BASE_SIZE_TOO_SMALL", "Order size is missing"};
  int32_t market_order = asked->request.type == BOURSE_ORDER_MARKET;
  if (base != NULL) {
    if (!coinbase_read_amount(&asked->request.amount, asked->market, base) || !is_positive(&asked->request.amount))
      return empty;
    return none;
  }
  if (quote == NULL || !market_order) return empty;
  if (asked->request.side == BOURSE_SIDE_SELL || coinbase_is_future(asked->market))
    return refused("UNSUPPORTED_ORDER_CONFIGURATION", "UNKNOWN_PREVIEW_FAILURE_REASON",
                   "quote_size is not allowed for this order");
  read_quote(asked, quote);
  return is_positive(&asked->request.cost) ? none : empty;
}

static refusal read_end(sim *s, wish *asked) {
  if (asked->request.time_in_force != BOURSE_GOOD_TILL_DATE) return none;
  int64_t end_ns = sim_iso_read(term(asked, "end_time"));
  if (end_ns <= sim_clock_ns(s))
    return refused("INVALID_REQUEST", "UNKNOWN_PREVIEW_FAILURE_REASON", "end_time must be in the future");
  asked->request.expire_ns = end_ns - sim_skew_ns(s);
  return none;
}

static refusal read_stop(sim *s, wish *asked) {
  const char *stop = term(asked, "stop_price"), *direction = term(asked, "stop_direction");
  const refusal bad = {"INVALID_REQUEST", "UNKNOWN_PREVIEW_FAILURE_REASON", "stop_price or stop_direction is invalid"};
  (void)s;
  if (!sim_decimal(&asked->request.trigger_price, stop) || !is_positive(&asked->request.trigger_price) ||
      direction == NULL)
    return bad;
  if (strcmp(direction, "STOP_DIRECTION_STOP_UP") == 0)
    asked->request.trigger_direction = BOURSE_TRIGGER_RISE;
  else if (strcmp(direction, "STOP_DIRECTION_STOP_DOWN") == 0)
    asked->request.trigger_direction = BOURSE_TRIGGER_FALL;
  else
    return bad;
  asked->direction = asked->request.trigger_direction;
  return none;
}

/* The limit that a stop of a bracket becomes: five percent through it, on a tick. */
static bourse_decimal through(const wish *asked, const bourse_decimal *stop) {
  bourse_decimal part = {asked->request.side == BOURSE_SIDE_SELL ? 95u : 105u, 0, -2, BOURSE_DECIMAL_PRESENT}, limit;
  const bourse_decimal *tick = &coinbase_rows[asked->market].tick;
  (void)bourse_decimal_mul(&limit, stop, &part);
  (void)bourse_decimal_round_to_step(&limit, &limit, tick, BOURSE_ROUND_DOWN);
  return limit;
}

static refusal read_bracket(sim *s, wish *asked) {
  const char *stop = term(asked, "stop_trigger_price");
  int32_t sells = asked->request.side == BOURSE_SIDE_SELL;
  (void)s;
  asked->stop = asked->request;
  memset(&asked->stop.price, 0, sizeof asked->stop.price);
  if (!sim_decimal(&asked->stop.stop_loss_price, stop) || !is_positive(&asked->stop.stop_loss_price))
    return refused("INVALID_REQUEST", "UNKNOWN_PREVIEW_FAILURE_REASON", "stop_trigger_price is invalid");
  asked->stop.price = through(asked, &asked->stop.stop_loss_price);
  asked->direction = sells ? BOURSE_TRIGGER_FALL : BOURSE_TRIGGER_RISE;
  return none;
}

static refusal read_attached(const cJSON *body, wish *asked) {
  const cJSON *attached = cJSON_GetObjectItemCaseSensitive(body, "attached_order_configuration");
  const cJSON *bracket = cJSON_GetObjectItemCaseSensitive(attached, "trigger_bracket_gtc");
  bourse_order_request *request = &asked->request;
  if (!cJSON_IsObject(attached)) return none;
  wish closing = *asked;
  closing.request.side = request->side == BOURSE_SIDE_BUY ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  if (!cJSON_IsObject(bracket) || asked->kind->form != PLAIN || bourse_decimal_is_present(&request->cost) ||
      !sim_json_decimal(&request->attached_take_profit_trigger, bracket, "limit_price") ||
      !sim_json_decimal(&request->attached_stop_loss_trigger, bracket, "stop_trigger_price"))
    return refused("UNSUPPORTED_ORDER_CONFIGURATION", "UNKNOWN_PREVIEW_FAILURE_REASON",
                   "attached_order_configuration is invalid");
  request->attached_take_profit_price = request->attached_take_profit_trigger;
  request->attached_stop_loss_price = through(&closing, &request->attached_stop_loss_trigger);
  return none;
}

static refusal read_kind(const cJSON *body, wish *asked) {
  const cJSON *all = cJSON_GetObjectItemCaseSensitive(body, "order_configuration");
  const refusal bad = {"UNSUPPORTED_ORDER_CONFIGURATION", "UNKNOWN_PREVIEW_FAILURE_REASON",
                       "The order configuration was invalid"};
  if (!cJSON_IsObject(all) || all->child == NULL || all->child->next != NULL) return bad;
  for (size_t i = 0; i < KINDS; i++)
    if (strcmp(kinds[i].name, all->child->string) == 0) asked->kind = &kinds[i];
  asked->terms = all->child;
  if (asked->kind == NULL || asked->kind->form == UNSUPPORTED || !cJSON_IsObject(asked->terms)) return bad;
  if (strcmp(asked->kind->name, "market_market_fok") == 0 && !coinbase_is_future(asked->market))
    return refused("FOK_DISABLED", "UNKNOWN_PREVIEW_FAILURE_REASON", "Fill or kill is not available");
  asked->request.type = asked->kind->type;
  asked->request.time_in_force = asked->kind->time_in_force;
  return none;
}

static refusal read_wish(sim *s, const cJSON *body, wish *asked) {
  const char *product = sim_json_text(body, "product_id"), *side = sim_json_text(body, "side"), *price;
  bourse_order_request *request = &asked->request;
  int32_t market = coinbase_market_of(product);
  memset(asked, 0, sizeof *asked);
  (void)bourse_order_request_init(request, sizeof *request);
  if (market < 0) return refused("INVALID_PRODUCT_ID", "PREVIEW_INVALID_PRODUCT_ID", "Invalid product_id");
  asked->market = (uint32_t)market;
  request->side = side == NULL                ? 0
                  : strcmp(side, "BUY") == 0  ? BOURSE_SIDE_BUY
                  : strcmp(side, "SELL") == 0 ? BOURSE_SIDE_SELL
                                              : 0;
  if (request->side == 0) return refused("INVALID_SIDE", "PREVIEW_INVALID_SIDE", "Invalid side");
  request->self_trade = BOURSE_SELF_TRADE_CANCEL_MAKER;
  refusal why = read_kind(body, asked);
  if (why.error == NULL) why = read_sizes(asked);
  if (why.error == NULL && request->type == BOURSE_ORDER_LIMIT) {
    price = term(asked, "limit_price");
    if (!sim_decimal(&request->price, price) || !is_positive(&request->price))
      return refused("INVALID_LIMIT_PRICE", "PREVIEW_INVALID_LIMIT_PRICE", "Limit price is invalid");
  }
  if (why.error == NULL) why = read_end(s, asked);
  if (why.error == NULL && asked->kind->form == STOPS) why = read_stop(s, asked);
  request->post_only = sim_json_true(asked->terms, "post_only") ? BOURSE_YES : BOURSE_NO;
  if (why.error == NULL && asked->kind->form == BRACKET) why = read_bracket(s, asked);
  if (why.error == NULL) why = read_attached(body, asked);
  if (why.error == NULL && sim_fault(s, "maintenance", coinbase_is_future(asked->market) ? "futures" : "spot"))
    why = refused("ORDER_ENTRY_DISABLED", "UNKNOWN_PREVIEW_FAILURE_REASON", "Order entry is disabled");
  return why;
}

/* --- Placing --- */

static void remember(sim *s, coinbase_record *record, const wish *asked, const char *client_id) {
  const char *quote = term(asked, "quote_size");
  record->configuration = asked->kind->name;
  if (quote != NULL) (void)snprintf(record->quote_size, sizeof record->quote_size, "%s", quote);
  record->end_ns = asked->request.expire_ns;
  record->direction = asked->direction;
  record->post_only = asked->request.post_only > 0;
  record->bracket = asked->kind->form == BRACKET;
  sim_record_name(&coinbase_of(s)->records, &record->base, client_id);
}

/* The legs of a list that the engine made: the second belongs to the first. */
static void join_legs(sim *s, const paper_list *list, uint32_t first, coinbase_record *parent) {
  sim_records *records = &coinbase_of(s)->records;
  const paper_order *a = list->orders[first], *b = list->orders[first + 1];
  if (a == NULL || b == NULL) return;
  coinbase_record *one = sim_record_for(s, records, a->id, a->account, a->market);
  coinbase_record *two = sim_record_for(s, records, b->id, b->account, b->market);
  two->owner = one;
  one->second = two;
  if (parent == NULL) return;
  one->bracket = 1;
  one->configuration = "trigger_bracket_gtc";
  one->parent = parent->base.id;
  parent->attached = one->base.id;
  coinbase_user_order(s, a); /* it may be alive already */
}

/* The order with its list, if the engine made one of it. */
static refusal submit(sim *s, coinbase_record *record, wish *asked) {
  sim_records *records = &coinbase_of(s)->records;
  char client_id[PAPER_CLIENT_ID_SIZE];
  bourse_order_request *request = &asked->request;
  (void)sim_engine_client_id(client_id, "", record->base.client_id);
  request->client_order_id = client_id;
  if (asked->kind->form == BRACKET) {
    paper_list *list = NULL;
    const bourse_order_request *both[2] = {&asked->request, &asked->stop};
    records->placing = &record->base;
    int32_t code = sim_submit_list(s, &list, record->base.account, record->base.market, BOURSE_LIST_OCO, both, 2, NULL);
    records->placing = NULL;
    if (code != BOURSE_OK) return engine_refusal(s, asked);
    if (record->base.id == 0 && list->orders[0] != NULL) sim_record_bind(records, &record->base, list->orders[0]->id);
    join_legs(s, list, 0, NULL);
    return none;
  }
  if (sim_record_submit(s, records, &record->base, request, ends_at_once) != BOURSE_OK) return engine_refusal(s, asked);
  const paper_order *order = sim_record_order(s, &record->base);
  if (record->base.ghost != NULL) coinbase_user_order(s, order);
  if (record->base.ghost == NULL && order != NULL && order->list != NULL && order->list->count == 3)
    join_legs(s, order->list, 1, record);
  return none;
}

static void add_refusal(cJSON *json, const refusal *why, const cJSON *body) {
  const cJSON *configuration = cJSON_GetObjectItemCaseSensitive(body, "order_configuration");
  cJSON *error = cJSON_AddObjectToObject(json, "error_response");
  cJSON_AddStringToObject(error, "error", why->error);
  cJSON_AddStringToObject(error, "message", why->message);
  cJSON_AddStringToObject(error, "error_details", "");
  cJSON_AddStringToObject(error, "preview_failure_reason", why->preview);
  cJSON_AddStringToObject(error, "new_order_failure_reason", why->error);
  if (configuration != NULL) cJSON_AddItemToObject(json, "order_configuration", sim_json_again(configuration));
}

static void answer_placed(coinbase_call *call, const coinbase_record *record) {
  char id[SIM_UUID_SIZE];
  coinbase_view view;
  cJSON *json = cJSON_CreateObject(), *done;
  cJSON_AddTrueToObject(json, "success");
  done = cJSON_AddObjectToObject(json, "success_response");
  cJSON_AddStringToObject(done, "order_id", sim_uuid(id, record->base.id));
  cJSON_AddStringToObject(done, "product_id", coinbase_rows[record->base.market].id);
  if (coinbase_look(call->s, &view, record, NULL)) {
    cJSON_AddStringToObject(done, "side", view.side == BOURSE_SIDE_BUY ? "BUY" : "SELL");
    cJSON_AddItemToObject(json, "order_configuration", coinbase_configuration(call->s, &view));
  }
  cJSON_AddStringToObject(done, "client_order_id", record->base.client_id);
  cJSON_AddStringToObject(done, "attached_order_id", record->attached == 0 ? "" : sim_uuid(id, record->attached));
  coinbase_answer(call, json);
}

/* An id that was used before: the order it was used for is what is told. */
static const coinbase_record *known(coinbase_call *call, const char *client_id) {
  return sim_record_named(call->s, &coinbase_of(call->s)->records, call->account->account, client_id, -1);
}

static void run_create(coinbase_call *call) {
  sim *s = call->s;
  const char *client_id = coinbase_member(call, "client_order_id");
  wish asked;
  if (client_id == NULL || strlen(client_id) > 128) {
    (void)coinbase_fail(call, 400, "INVALID_ARGUMENT",
                        client_id == NULL ? "client_order_id is required" : "client_order_id is too long");
    return;
  }
  const coinbase_record *before = known(call, client_id);
  if (before != NULL) {
    answer_placed(call, before);
    return;
  }
  refusal why = read_wish(s, call->body, &asked);
  coinbase_record *record = NULL;
  if (why.error == NULL) {
    record = sim_record_new(&coinbase_of(s)->records, call->account->account, asked.market);
    remember(s, record, &asked, client_id);
    why = submit(s, record, &asked);
  }
  if (why.error == NULL) {
    answer_placed(call, record);
    return;
  }
  if (record != NULL) sim_record_drop(&coinbase_of(s)->records, &record->base);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddFalseToObject(json, "success");
  add_refusal(json, &why, call->body);
  coinbase_answer(call, json);
}

static void run_preview(coinbase_call *call) {
  sim *s = call->s;
  wish asked;
  char id[SIM_UUID_SIZE];
  refusal why = read_wish(s, call->body, &asked);
  if (why.error == NULL) {
    asked.request.test = BOURSE_YES;
    paper_order *order = NULL;
    if (sim_submit(s, &order, call->account->account, asked.market, &asked.request) != BOURSE_OK)
      why = engine_refusal(s, &asked);
  }
  cJSON *json = cJSON_CreateObject(), *errors = cJSON_AddArrayToObject(json, "errs");
  if (why.error != NULL) cJSON_AddItemToArray(errors, cJSON_CreateString(why.preview));
  cJSON_AddArrayToObject(json, "warning");
  const char *base = asked.terms == NULL ? NULL : term(&asked, "base_size"),
             *quote = asked.terms == NULL ? NULL : term(&asked, "quote_size");
  cJSON_AddStringToObject(json, "base_size", base == NULL ? "0" : base);
  cJSON_AddStringToObject(json, "quote_size", quote == NULL ? "0" : quote);
  const paper_market *m = coinbase_market(s, asked.market);
  int32_t buys = asked.request.side == BOURSE_SIDE_BUY;
  bourse_decimal total = asked.request.cost, fee,
                 price = bourse_decimal_is_present(&asked.request.price)
                             ? asked.request.price
                             : bourse__paper_decimal(bourse__paper_best(m, buys ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY),
                                                     m->price_scale);
  if (!bourse_decimal_is_present(&total)) (void)bourse_decimal_mul(&total, &price, &asked.request.amount);
  (void)bourse_decimal_mul(&fee, &total, &coinbase_rows[asked.market].taker);
  (void)(buys ? bourse_decimal_add(&total, &total, &fee) : bourse_decimal_sub(&total, &total, &fee));
  sim_json_add_decimal(json, "order_total", &total);
  sim_json_add_decimal(json, "commission_total", &fee);
  cJSON_AddStringToObject(json, "best_bid", coinbase_price(s, asked.market, bourse__paper_best(m, BOURSE_SIDE_BUY)));
  cJSON_AddStringToObject(json, "best_ask", coinbase_price(s, asked.market, bourse__paper_best(m, BOURSE_SIDE_SELL)));
  cJSON_AddStringToObject(json, "slippage", "0");
  cJSON_AddFalseToObject(json, "is_max");
  cJSON_AddStringToObject(json, "preview_id", sim_uuid(id, sim_next_number(s)));
  coinbase_answer(call, json);
}

/* --- Changing --- */

/* NULL: done. */
static const char *edit(coinbase_call *call) {
  sim *s = call->s;
  const char *id = coinbase_member(call, "order_id"), *price = coinbase_member(call, "price"),
             *size = coinbase_member(call, "size"), *stop = coinbase_member(call, "stop_price");
  coinbase_record *record = id == NULL ? NULL : coinbase_record_named(s, call->account->account, id);
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  coinbase_view view;
  if (record == NULL || !coinbase_look(s, &view, record, NULL)) return "ORDER_NOT_FOUND";
  if (!view.open) return "ONLY_OPEN_ORDERS_CAN_BE_EDITED";
  paper_order *order = sim_record_order(s, &record->base);
  int32_t good_till_canceled = view.type == BOURSE_ORDER_LIMIT && strstr(record->configuration, "gtc") != NULL;
  if (!good_till_canceled || record->bracket || record->attached != 0) return "ONLY_LIMIT_ORDER_EDITS_SUPPORTED";
  if (size == NULL || !coinbase_read_amount(&request.amount, record->base.market, size) ||
      !is_positive(&request.amount))
    return "INVALID_EDITED_SIZE";
  if (price == NULL || !sim_decimal(&request.price, price) || !is_positive(&request.price))
    return "INVALID_EDITED_PRICE";
  if (stop != NULL && (order->trigger_kind == PAPER_TRIGGER_NONE || !sim_decimal(&request.trigger_price, stop)))
    return "INVALID_EDITED_PRICE";
  if (stop != NULL) request.trigger_direction = order->trigger_direction;
  int64_t amount = 0;
  const paper_market *market = coinbase_market(s, record->base.market);
  if (bourse__paper_units(&amount, &request.amount, market->amount_scale) && amount <= order->filled)
    return "CANNOT_EDIT_TO_BELOW_FILLED_SIZE";
  record->changed = 1;
  int32_t code = sim_edit(s, order, &request), reason = bourse__paper_error(sim_engine(s))->reason;
  record->changed = 0;
  if (code != BOURSE_OK) switch (reason) {
      case PAPER_NO_CHANGE: return "EDIT_REQUEST_EQUAL_TO_ORIGINAL_REQUEST";
      case PAPER_BAD_TICK:
      case PAPER_PRICE_RANGE:
      case PAPER_WOULD_TAKE: return "INVALID_EDITED_PRICE";
      default: return "INVALID_EDITED_SIZE";
    }
  order = sim_record_order(s, &record->base);
  record->edits = realloc(record->edits, (record->edit_count + 1) * sizeof *record->edits);
  if (record->edits == NULL || order == NULL) abort();
  record->edits[record->edit_count++] = (coinbase_edit){order->price, order->amount, sim_now_ns(s)};
  return NULL;
}

static void run_edit(coinbase_call *call) {
  const char *why = edit(call);
  cJSON *json = cJSON_CreateObject(), *errors;
  cJSON_AddBoolToObject(json, "success", why == NULL);
  errors = cJSON_AddArrayToObject(json, "errors");
  if (why != NULL) {
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "edit_failure_reason", why);
    cJSON_AddStringToObject(row, "preview_failure_reason", "");
    cJSON_AddItemToArray(errors, row);
  }
  coinbase_answer(call, json);
}

static void run_edit_preview(coinbase_call *call) {
  const char *id = coinbase_member(call, "order_id"), *price = coinbase_member(call, "price"),
             *size = coinbase_member(call, "size");
  const coinbase_record *record = id == NULL ? NULL : coinbase_record_named(call->s, call->account->account, id);
  bourse_decimal total = {0, 0, 0, 0}, amount;
  cJSON *json = cJSON_CreateObject(), *errors = cJSON_AddArrayToObject(json, "errors");
  if (record == NULL) {
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "edit_failure_reason", "ORDER_NOT_FOUND");
    cJSON_AddStringToObject(row, "preview_failure_reason", "");
    cJSON_AddItemToArray(errors, row);
  } else if (sim_decimal(&total, price) && coinbase_read_amount(&amount, record->base.market, size)) {
    (void)bourse_decimal_mul(&total, &total, &amount);
  }
  cJSON_AddStringToObject(json, "slippage", "");
  cJSON_AddStringToObject(json, "order_total", sim_decimal_text(&total));
  coinbase_answer(call, json);
}

/* --- Ending --- */

int32_t coinbase_cancel(sim *s, const coinbase_record *record) {
  coinbase_view view;
  if (!coinbase_look(s, &view, record, NULL) || !view.open) return BOURSE_ERROR_ORDER_NOT_FOUND;
  paper_order *order = sim_record_order(s, &record->base);
  if (record->second != NULL && (order == NULL || !bourse__paper_is_open(order)))
    order = sim_record_order(s, &record->second->base);
  return sim_cancel(s, order);
}

static const char *cancel_one(coinbase_call *call, const char *id) {
  const coinbase_record *record = coinbase_record_named(call->s, call->account->account, id);
  coinbase_view view;
  if (record == NULL || !coinbase_look(call->s, &view, record, NULL)) return "UNKNOWN_CANCEL_ORDER";
  if (strcmp(view.status, "FILLED") == 0) return "ORDER_IS_FULLY_FILLED";
  return coinbase_cancel(call->s, record) == BOURSE_OK ? NULL : "UNKNOWN_CANCEL_ORDER";
}

#define CANCEL_MAX 100

static void run_cancel(coinbase_call *call) {
  const cJSON *ids = cJSON_GetObjectItemCaseSensitive(call->body, "order_ids"), *id;
  int32_t count = cJSON_GetArraySize(ids);
  if (!cJSON_IsArray(ids) || count == 0 || count > CANCEL_MAX) {
    (void)coinbase_fail(call, 400, "INVALID_ARGUMENT",
                        count > CANCEL_MAX ? "too many order_ids" : "order_ids is required");
    return;
  }
  cJSON *json = cJSON_CreateObject(), *results = cJSON_AddArrayToObject(json, "results");
  cJSON_ArrayForEach(id, ids) {
    const char *text = sim_json_item_text(id), *why = text == NULL ? "INVALID_CANCEL_REQUEST" : cancel_one(call, text);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddBoolToObject(row, "success", why == NULL);
    cJSON_AddStringToObject(row, "failure_reason", why == NULL ? "UNKNOWN_CANCEL_FAILURE_REASON" : why);
    cJSON_AddStringToObject(row, "order_id", text == NULL ? "" : text);
    cJSON_AddItemToArray(results, row);
  }
  coinbase_answer(call, json);
}

/* --- Positions --- */

static void run_close(coinbase_call *call) {
  sim *s = call->s;
  const char *client_id = coinbase_member(call, "client_order_id"), *size = coinbase_member(call, "size");
  int32_t index = coinbase_market_of(coinbase_member(call, "product_id"));
  wish asked;
  refusal why = none;
  memset(&asked, 0, sizeof asked);
  (void)bourse_order_request_init(&asked.request, sizeof asked.request);
  if (client_id == NULL || index < COINBASE_SPOT_MARKETS) {
    (void)coinbase_fail(call, 400, "INVALID_ARGUMENT",
                        client_id == NULL ? "client_order_id is required" : "valid product_id is required");
    return;
  }
  if (known(call, client_id) != NULL) {
    answer_placed(call, known(call, client_id));
    return;
  }
  asked.market = (uint32_t)index;
  asked.kind = &kinds[0];
  const paper_holding *holding = &coinbase_paper_account(s, call->account->account)->holdings[index];
  int64_t held = holding->slots[PAPER_LONG].size + holding->slots[PAPER_SHORT].size;
  asked.request.side = holding->slots[PAPER_LONG].size > 0 ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  asked.request.type = BOURSE_ORDER_MARKET;
  asked.request.reduce_only = BOURSE_YES;
  asked.request.amount = bourse__paper_decimal(held, coinbase_market(s, asked.market)->amount_scale);
  if (size != NULL && !coinbase_read_amount(&asked.request.amount, asked.market, size))
    why = refused("INVALID_SIZE_PRECISION", "PREVIEW_INVALID_SIZE_PRECISION", "Too many decimals in order amount");
  if (held == 0) why = refused("INVALID_REQUEST", "UNKNOWN_PREVIEW_FAILURE_REASON", "No position to close");
  coinbase_record *record = sim_record_new(&coinbase_of(s)->records, call->account->account, asked.market);
  remember(s, record, &asked, client_id);
  if (why.error == NULL) why = submit(s, record, &asked);
  if (why.error == NULL) {
    answer_placed(call, record);
    return;
  }
  sim_record_drop(&coinbase_of(s)->records, &record->base);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddFalseToObject(json, "success");
  add_refusal(json, &why, call->body);
  coinbase_answer(call, json);
}

#define API "/api/v3/brokerage"

const coinbase_row coinbase_order_rows[] = {
    {"POST", API "/orders", COINBASE_TRADE, run_create},
    {"POST", API "/orders/preview", COINBASE_TRADE, run_preview},
    {"POST", API "/orders/edit", COINBASE_TRADE, run_edit},
    {"POST", API "/orders/edit_preview", COINBASE_TRADE, run_edit_preview},
    {"POST", API "/orders/batch_cancel", COINBASE_TRADE, run_cancel},
    {"POST", API "/orders/close_position", COINBASE_TRADE, run_close},
    {"GET", API "/orders/historical/batch", COINBASE_VIEW, coinbase_run_history},
    {"GET", API "/orders/historical/fills", COINBASE_VIEW, coinbase_run_fills},
    {"GET", API "/orders/historical/*", COINBASE_VIEW, coinbase_run_order},
    {NULL, NULL, 0, NULL},
};
