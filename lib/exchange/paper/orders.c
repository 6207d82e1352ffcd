/* paper/orders.c - placing, changing, cancelling and listing orders, lists and fills. */
#include <inttypes.h>
#include <string.h>

#include "exchange/paper/adapter.h"
#include "exchange/paper/state.h"

#define ORDERS_USUAL 500

static const paper_account *user_of(const paper_state *state) {
  return bourse__paper_account(state->engine, state->user);
}

/* --- Records --- */

static const char *native_status(int32_t status) {
  switch (status) {
    case BOURSE_ORDER_OPEN: return "open";
    case BOURSE_ORDER_FILLED: return "filled";
    case BOURSE_ORDER_CANCELED: return "canceled";
    case BOURSE_ORDER_REJECTED: return "rejected";
    case BOURSE_ORDER_EXPIRED: return "expired";
    case BOURSE_ORDER_PENDING: return "pending";
    default: return "untriggered";
  }
}

static const char *native_type(const paper_order *order) {
  static const char *const names[5][2] = {{"market", "limit"},
                                          {"stop_loss", "stop_loss_limit"},
                                          {"take_profit", "take_profit_limit"},
                                          {"trigger", "trigger_limit"},
                                          {"trailing_stop", "trailing_stop_limit"}};
  if (order->reason == PAPER_LIQUIDATED && order->status == BOURSE_ORDER_FILLED) return "liquidation";
  return names[order->trigger_kind][order->type == BOURSE_ORDER_LIMIT];
}

static const char *text_id(bourse_call *call, uint64_t id) { return bourse_arena_format(call->arena, "%" PRIu64, id); }

static const char *text_or_null(bourse_call *call, const char *text) {
  return text[0] == '\0' ? NULL : bourse_arena_copy(call->arena, text, strlen(text));
}

static void tell_trigger(bourse_order *out, const paper_order *order, const paper_market *market) {
  if (order->trigger_kind == PAPER_TRIGGER_NONE) return;
  out->conditional = BOURSE_YES;
  out->trigger_by = order->trigger_by;
  switch (order->trigger_kind) {
    case PAPER_STOP_LOSS: out->stop_loss_price = price_of(market, order->trigger_price); break;
    case PAPER_TAKE_PROFIT: out->take_profit_price = price_of(market, order->trigger_price); break;
    case PAPER_TRIGGER: out->trigger_price = price_of(market, order->trigger_price); break;
    default:
      if (order->trail_amount > 0)
        out->trailing_amount = price_of(market, order->trail_amount);
      else {
        out->trailing_percent = bourse__paper_decimal(order->trail_millionths, 6);
        bourse_decimal_trim(&out->trailing_percent, &out->trailing_percent);
      }
      if (order->trail_activation > 0) out->trailing_activation_price = price_of(market, order->trail_activation);
  }
}

static void tell_amounts(bourse_order *out, const paper_order *order, const paper_market *market) {
  if (order->type == BOURSE_ORDER_LIMIT) out->price = price_of(market, order->price);
  if (order->amount > 0) {
    out->amount = amount_of(market, order->amount);
    out->remaining = amount_of(market, bourse__paper_remaining(order));
    if (market->linear) out->contracts = out->amount;
  }
  out->filled = amount_of(market, order->filled);
  if (market->linear) out->filled_contracts = out->filled;
  out->average = bourse__paper_average(market, order->cost_filled, order->filled, 8);
  out->cost = bourse__paper_money_decimal(order->cost_filled);
  if (order->cost_asked > 0) out->requested_cost = bourse__paper_money_decimal(order->cost_asked);
  if (order->display > 0) out->iceberg_amount = amount_of(market, order->display);
}

static int32_t tell_fills(bourse_call *call, bourse_order *out, const paper_order *order);

static int32_t tell_list(bourse_call *call, bourse_order *out, const paper_list *list) {
  if (list == NULL) return BOURSE_OK;
  out->list_id = text_id(call, list->id);
  out->list_client_id = text_or_null(call, list->client_id);
  out->list_kind = list->kind;
  return out->list_id == NULL || (list->client_id[0] != '\0' && out->list_client_id == NULL)
             ? bourse__paper_memory(call)
             : BOURSE_OK;
}

/* Room for the record was made: this cannot be the place to find out that an order cannot be told of. */
static int32_t tell_order(bourse_call *call, bourse_order *out, const paper_order *order) {
  const paper_state *state = state_of(call);
  const paper_market *market = engine_market(call, order->market);
  out->id = text_id(call, order->id);
  out->client_order_id = text_or_null(call, order->client_id);
  if (out->id == NULL || (order->client_id[0] != '\0' && out->client_order_id == NULL))
    return bourse__paper_memory(call);
  out->symbol = bourse__paper_characters[order->market].symbol;
  out->market_id = market->about->id;
  out->status = order->status;
  out->side = order->side;
  out->type = order->type;
  out->time_in_force = order->time_in_force;
  out->created_ns = order->created_ns;
  out->updated_ns = order->updated_ns;
  out->working_ns = order->working_ns;
  out->expire_ns = order->expire_ns;
  out->native_status = native_status(order->status);
  out->native_type = native_type(order);
  if (order->reason != PAPER_NO_REASON) out->reason = bourse__paper_reason_text(order->reason);
  out->post_only = order->post_only ? BOURSE_YES : BOURSE_NO;
  out->reduce_only = order->reduce_only ? BOURSE_YES : BOURSE_NO;
  out->close_position = order->close_position ? BOURSE_YES : BOURSE_NO;
  if (market->linear) {
    out->position_side = order->position_side != 0 ? order->position_side : BOURSE_POSITION_BOTH;
    out->margin_mode = user_of(state)->holdings[order->market].isolated ? BOURSE_MARGIN_ISOLATED : BOURSE_MARGIN_CROSS;
  }
  out->self_trade = order->self_trade;
  out->conditional = BOURSE_NO;
  out->realization = BOURSE_NATIVE;
  tell_amounts(out, order, market);
  tell_trigger(out, order, market);
  if (order->fill_count > 0) {
    out->fee = bourse__paper_money_decimal(order->fee);
    out->fee_currency = bourse__paper_code(state, order->fee_currency);
  }
  int32_t code = tell_list(call, out, order->list);
  return code == BOURSE_OK ? tell_fills(call, out, order) : code;
}

static int32_t add_order(bourse_call *call, const paper_order *order) {
  bourse_order *out = bourse_append(call, BOURSE_KIND_ORDER);
  return out == NULL ? BOURSE_ERROR_MEMORY : tell_order(call, out, order);
}

static int32_t tell_fill(bourse_call *call, bourse_fill *out, const paper_fill *fill) {
  const paper_state *state = state_of(call);
  const paper_market *market = engine_market(call, fill->market);
  out->id = text_id(call, fill->id);
  out->order_id = text_id(call, fill->order_id);
  out->client_order_id = text_or_null(call, fill->client_id);
  if (out->id == NULL || out->order_id == NULL || (fill->client_id[0] != '\0' && out->client_order_id == NULL))
    return bourse__paper_memory(call);
  out->symbol = bourse__paper_characters[fill->market].symbol;
  out->market_id = market->about->id;
  out->time_ns = fill->time_ns;
  out->side = fill->side;
  out->role = fill->role;
  out->price = price_of(market, fill->price);
  out->amount = amount_of(market, fill->amount);
  out->cost = bourse__paper_money_decimal(fill->cost);
  out->fee = bourse__paper_money_decimal(fill->fee);
  out->fee_currency = bourse__paper_code(state, fill->fee_currency);
  if (!market->linear) return BOURSE_OK;
  out->contracts = out->amount;
  out->realized_pnl = bourse__paper_money_decimal(fill->realized);
  out->position_side = fill->position_side != 0 ? fill->position_side : BOURSE_POSITION_BOTH;
  out->margin_mode = user_of(state)->holdings[fill->market].isolated ? BOURSE_MARGIN_ISOLATED : BOURSE_MARGIN_CROSS;
  return BOURSE_OK;
}

/* With the one order that was asked for or placed come its fills; lists of orders go without. */
static int32_t tell_fills(bourse_call *call, bourse_order *out, const paper_order *order) {
  const paper_ring *fills = &user_of(state_of(call))->fills;
  int32_t operation = call->operation;
  if (order->fill_count == 0 || (operation != BOURSE_OP_CREATE_ORDER && operation != BOURSE_OP_FETCH_ORDER &&
                                 operation != BOURSE_OP_CREATE_ORDERS && operation != BOURSE_OP_CLOSE_POSITION))
    return BOURSE_OK;
  bourse_fill *records = bourse_arena_alloc(call->arena, order->fill_count * sizeof *records);
  if (records == NULL) return bourse__paper_memory(call);
  uint32_t first = fills->count, found = 0;
  while (first > 0 && found < order->fill_count)
    found += ((const paper_fill *)bourse__paper_ring_at(fills, --first))->order_id == order->id;
  for (; first < fills->count && out->fill_count < found; first++) {
    const paper_fill *fill = bourse__paper_ring_at(fills, first);
    if (fill->order_id == order->id && tell_fill(call, &records[out->fill_count++], fill) != BOURSE_OK)
      return BOURSE_ERROR_MEMORY;
  }
  out->fills = records;
  return BOURSE_OK;
}

/* --- Placing --- */

/* The engine does not know wallets with borrowing, nor other markets' margin modes. */
static const char *refused_member(const bourse_call *call, const bourse_order_request *request,
                                  const paper_market *market) {
  const paper_holding *holding = &user_of(state_of(call))->holdings[market->index];
  if (request->borrow > BOURSE_BORROW_NONE) return "borrow";
  if (bourse_decimal_is_present(&request->leverage)) return "leverage";
  if (request->margin_mode != 0 && !market->linear) return "margin_mode";
  if (request->margin_mode != 0 && (request->margin_mode == BOURSE_MARGIN_ISOLATED) != (holding->isolated != 0))
    return "margin_mode";
  return NULL;
}

static int32_t submit(paper_order **out, bourse_call *call, const bourse_order_request *request,
                      const bourse_market *about) {
  paper_state *state = state_of(call);
  uint32_t index = bourse__paper_index(state, about);
  const char *member = refused_member(call, request, engine_market(call, index));
  *out = NULL;
  if (member != NULL)
    return bourse__paper_refuse(state->engine, PAPER_UNSUPPORTED, member,
                                "%s cannot be given with an order here; set leverage and margin mode of the market",
                                member);
  return bourse__paper_submit(out, state->engine, state->user, index, request);
}

/* A test order has no order to tell of: what was asked is told. */
static int32_t add_tested(bourse_call *call, const bourse_order_request *request, const bourse_market *about) {
  bourse_order *out = bourse_append(call, BOURSE_KIND_ORDER);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->client_order_id = request->client_order_id;
  out->symbol = bourse__paper_characters[bourse__paper_index(state_of(call), about)].symbol;
  out->side = request->side;
  out->type = request->type;
  out->amount = request->amount;
  out->price = request->price;
  out->requested_cost = request->cost;
  out->native_status = "tested";
  out->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}

/* The order stands, but memory was out for saying so: its fate must be asked for. */
static int32_t untold(bourse_call *call) {
  int32_t code = bourse__paper_memory(call);
  bourse_set_outcome(call, BOURSE_OUTCOME_UNKNOWN);
  return code;
}

int32_t bourse__paper_create_order(bourse_call *call) {
  paper_order *order;
  if (submit(&order, call, call->order, call->market) != BOURSE_OK) return bourse__paper_refused(call, NULL);
  if (order == NULL) return add_tested(call, call->order, call->market);
  return add_order(call, order) == BOURSE_OK ? BOURSE_OK : untold(call);
}

static int32_t add_failed(bourse_call *call, const bourse_order_request *request, const char *symbol) {
  const paper_error *error = bourse__paper_error(state_of(call)->engine);
  bourse_order *out = bourse_append(call, BOURSE_KIND_ORDER);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->symbol = symbol;
  if (request != NULL) {
    out->client_order_id = request->client_order_id;
    out->side = request->side;
    out->type = request->type;
    out->amount = request->amount;
    out->price = request->price;
    out->requested_cost = request->cost;
    out->status = BOURSE_ORDER_REJECTED;
  }
  out->error = error->code;
  out->outcome = error->code == BOURSE_ERROR_MEMORY ? BOURSE_OUTCOME_NOT_SENT : BOURSE_OUTCOME_REJECTED;
  out->error_code = bourse__paper_reason_text(error->reason);
  out->error_message = bourse_arena_copy(call->arena, error->text, strlen(error->text));
  return out->error_message == NULL ? bourse__paper_memory(call) : BOURSE_OK;
}

int32_t bourse__paper_create_orders(bourse_call *call) {
  for (uint32_t i = 0; i < call->request->order_count; i++) {
    const bourse_order_request *request = call->request->orders[i];
    const bourse_market *about = call->markets[i];
    paper_order *order;
    int32_t code = submit(&order, call, request, about);
    if (code != BOURSE_OK)
      code = add_failed(call, request, bourse__paper_characters[bourse__paper_index(state_of(call), about)].symbol);
    else if (order == NULL)
      code = add_tested(call, request, about);
    else {
      code = add_order(call, order);
      if (code == BOURSE_OK) ((bourse_order *)bourse_appended_at(call, i))->outcome = BOURSE_OUTCOME_EXECUTED;
    }
    if (code != BOURSE_OK) return untold(call);
  }
  return BOURSE_OK;
}

static int32_t add_list(bourse_call *call, const paper_list *list) {
  for (uint32_t i = 0; i < list->count; i++)
    if (list->orders[i] != NULL) {
      int32_t code = add_order(call, list->orders[i]);
      if (code != BOURSE_OK) return code;
    }
  return BOURSE_OK;
}

int32_t bourse__paper_create_order_list(bourse_call *call) {
  paper_state *state = state_of(call);
  const bourse_request *request = call->request;
  paper_list *list;
  for (uint32_t i = 0; i < request->order_count; i++) {
    uint32_t index = bourse__paper_index(state, call->markets[i]);
    const char *member = refused_member(call, request->orders[i], engine_market(call, index));
    if (member != NULL) {
      (void)bourse__paper_refuse(state->engine, PAPER_UNSUPPORTED, member, "%s cannot be given with an order here",
                                 member);
      return bourse__paper_refused(call, member);
    }
    if (i > 0 && strcmp(call->markets[i]->symbol, call->markets[0]->symbol) != 0) {
      (void)bourse__paper_refuse(state->engine, PAPER_BAD_ARGUMENT, "symbol", "the orders of a list are of one market");
      return bourse__paper_refused(call, "symbol");
    }
  }
  int32_t code =
      bourse__paper_submit_list(&list, state->engine, state->user, bourse__paper_index(state, call->markets[0]),
                                request->list_kind, request->orders, request->order_count, request->client_order_id);
  if (code != BOURSE_OK) return bourse__paper_refused(call, NULL);
  if (list == NULL) {
    for (uint32_t i = 0; i < request->order_count && code == BOURSE_OK; i++)
      code = add_tested(call, request->orders[i], call->markets[i]);
    return code;
  }
  return add_list(call, list) == BOURSE_OK ? BOURSE_OK : untold(call);
}

/* --- Finding --- */

static uint64_t read_id(const char *text) {
  uint64_t id = 0;
  if (text == NULL || text[0] == '\0') return 0;
  for (; *text != '\0'; text++) {
    if (*text < '0' || *text > '9' || id > (UINT64_MAX - 9) / 10) return 0;
    id = id * 10 + (uint64_t)(*text - '0');
  }
  return id;
}

/* NULL with the engine's error set. */
static paper_order *find(bourse_call *call, const char *order_id, const char *client_order_id) {
  paper_state *state = state_of(call);
  uint64_t id = read_id(order_id);
  paper_order *order = NULL;
  if (order_id == NULL || id != 0)
    order = bourse__paper_find(state->engine, state->user, id, order_id == NULL ? client_order_id : NULL);
  if (order != NULL && call->market != NULL && order->market != bourse__paper_index(state, call->market)) order = NULL;
  if (order == NULL)
    (void)bourse__paper_refuse(state->engine, PAPER_UNKNOWN_ORDER, order_id != NULL ? "order_id" : "client_order_id",
                               "there is no order %.80s", order_id != NULL ? order_id : client_order_id);
  return order;
}

static int32_t wants_id(bourse_call *call, const char *a, const char *b) {
  if (a != NULL || b != NULL) return BOURSE_OK;
  return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "order_id", "order_id or client_order_id is wanted");
}

int32_t bourse__paper_fetch_order(bourse_call *call) {
  int32_t code = wants_id(call, call->request->order_id, call->request->client_order_id);
  if (code != BOURSE_OK) return code;
  paper_order *order = find(call, call->request->order_id, call->request->client_order_id);
  return order == NULL ? bourse__paper_refused(call, NULL) : add_order(call, order);
}

/* --- Changing and cancelling --- */

static int32_t refuse_other(bourse_call *call, const char *field) {
  (void)bourse__paper_refuse(state_of(call)->engine, PAPER_UNSUPPORTED, field, "%s of an order cannot be changed",
                             field);
  return bourse__paper_refused(call, field);
}

int32_t bourse__paper_edit_order(bourse_call *call) {
  const bourse_order_request *changes = call->order;
  int32_t code = wants_id(call, call->request->order_id, call->request->client_order_id);
  if (code != BOURSE_OK) return code;
  paper_order *order = find(call, call->request->order_id, call->request->client_order_id);
  if (order == NULL) return bourse__paper_refused(call, NULL);
  if (changes->side != 0 && changes->side != order->side) return refuse_other(call, "side");
  if (changes->type != 0 && changes->type != order->type) return refuse_other(call, "type");
  if (changes->post_only > 0 && !order->post_only) return refuse_other(call, "post_only");
  if (changes->reduce_only > 0 && !order->reduce_only) return refuse_other(call, "reduce_only");
  if (changes->time_in_force != 0 && changes->time_in_force != order->time_in_force)
    return refuse_other(call, "time_in_force");
  if (bourse_decimal_is_present(&changes->cost)) return refuse_other(call, "cost");
  if (bourse_decimal_is_present(&changes->iceberg_amount)) return refuse_other(call, "iceberg_amount");
  if (bourse__paper_edit(state_of(call)->engine, order, changes) != BOURSE_OK) return bourse__paper_refused(call, NULL);
  return add_order(call, order) == BOURSE_OK ? BOURSE_OK : untold(call);
}

int32_t bourse__paper_cancel_order(bourse_call *call) {
  int32_t code = wants_id(call, call->request->order_id, call->request->client_order_id);
  if (code != BOURSE_OK) return code;
  paper_order *order = find(call, call->request->order_id, call->request->client_order_id);
  if (order == NULL || bourse__paper_cancel(state_of(call)->engine, order) != BOURSE_OK)
    return bourse__paper_refused(call, call->request->order_id != NULL ? "order_id" : "client_order_id");
  return add_order(call, order) == BOURSE_OK ? BOURSE_OK : untold(call);
}

static int32_t cancel_one(bourse_call *call, const char *order_id, const char *client_order_id) {
  paper_order *order = find(call, order_id, client_order_id);
  if (order != NULL && bourse__paper_cancel(state_of(call)->engine, order) == BOURSE_OK) {
    int32_t code = add_order(call, order);
    if (code == BOURSE_OK)
      ((bourse_order *)bourse_appended_at(call, bourse_appended(call) - 1))->outcome = BOURSE_OUTCOME_EXECUTED;
    return code;
  }
  int32_t code = add_failed(call, NULL, call->market == NULL ? NULL : call->market->symbol);
  if (code != BOURSE_OK) return code;
  bourse_order *out = bourse_appended_at(call, bourse_appended(call) - 1);
  out->symbol =
      call->market == NULL ? NULL : bourse__paper_characters[bourse__paper_index(state_of(call), call->market)].symbol;
  out->id = order_id;
  out->client_order_id = client_order_id;
  return BOURSE_OK;
}

int32_t bourse__paper_cancel_orders(bourse_call *call) {
  const bourse_request *request = call->request;
  int32_t code = BOURSE_OK;
  if (request->order_id_count + request->client_order_id_count == 0)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "order_ids", "order_ids or client_order_ids are wanted");
  for (uint32_t i = 0; i < request->order_id_count && code == BOURSE_OK; i++)
    code = cancel_one(call, request->order_ids[i], NULL);
  for (uint32_t i = 0; i < request->client_order_id_count && code == BOURSE_OK; i++)
    code = cancel_one(call, NULL, request->client_order_ids[i]);
  return code == BOURSE_OK ? code : untold(call);
}

/* Which orders a call without ids means: by symbol, by product when that was asked for, by conditional or not. */
static int32_t is_meant(const bourse_call *call, const paper_order *order) {
  const paper_state *state = state_of(call);
  const bourse_request *request = call->request;
  int32_t conditional = waits_for_trigger(order);
  if (call->market != NULL && order->market != bourse__paper_index(state, call->market)) return 0;
  if (call->market == NULL && request->product != 0 && state->markets[order->market].product != request->product)
    return 0;
  return request->trigger == BOURSE_UNSET || (request->trigger > 0) == conditional;
}

int32_t bourse__paper_cancel_all_orders(bourse_call *call) {
  paper_state *state = state_of(call);
  const paper_account *account = user_of(state);
  uint32_t count = 0;
  uint64_t *ids = bourse_arena_alloc(call->arena, (account->open_count + 1u) * sizeof *ids);
  if (ids == NULL) return bourse__paper_memory(call);
  for (const paper_order *order = account->open.first; order != NULL; order = order->owner_next)
    if (is_meant(call, order)) ids[count++] = order->id;
  for (uint32_t i = 0; i < count; i++) {
    paper_order *order = bourse__paper_find(state->engine, state->user, ids[i], NULL);
    if (order != NULL && bourse__paper_is_open(order)) (void)bourse__paper_cancel(state->engine, order);
  }
  for (uint32_t i = 0; i < count; i++) {
    const paper_order *order = bourse__paper_find(state->engine, state->user, ids[i], NULL);
    if (order != NULL && add_order(call, order) != BOURSE_OK) return untold(call);
  }
  return BOURSE_OK;
}

void bourse__paper_cancel_everything(paper_state *state, uint32_t market) {
  const paper_account *account = user_of(state);
  for (paper_order *order = account->open.first; order != NULL;) {
    if (market == UINT32_MAX || order->market == market) {
      (void)bourse__paper_cancel(state->engine, order);
      order = account->open.first; /* its list has gone with it */
    } else {
      order = order->owner_next;
    }
  }
}

int32_t bourse__paper_cancel_all_orders_after(bourse_call *call) {
  paper_state *state = state_of(call);
  int64_t timer_ms = call->request->timer_ms;
  bourse_receipt *out = bourse_append(call, BOURSE_KIND_RECEIPT);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  if (timer_ms > INT64_C(86400000) * 366)
    return bourse_fail(call, BOURSE_ERROR_BAD_REQUEST, "timer_ms", "timer_ms is %" PRId64 "; at most a year is allowed",
                       timer_ms);
  state->switch_market = call->market == NULL ? UINT32_MAX : bourse__paper_index(state, call->market);
  state->switch_ns = timer_ms > 0 ? call->now_ns + timer_ms * 1000000 : 0;
  out->time_ns = call->now_ns;
  out->due_ns = state->switch_ns;
  out->realization = BOURSE_NATIVE;
  return BOURSE_OK;
}

static int32_t list_of(paper_list **out, bourse_call *call) {
  paper_state *state = state_of(call);
  const bourse_request *request = call->request;
  uint64_t id = read_id(request->id);
  *out = NULL;
  int32_t code = BOURSE_OK;
  if (request->id == NULL && request->client_order_id == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "id", "id or client_order_id of the list is wanted");
  if (request->id == NULL || id != 0)
    *out = bourse__paper_find_list(state->engine, state->user, id, request->client_order_id);
  if (*out != NULL && call->market != NULL && (*out)->market != bourse__paper_index(state, call->market)) *out = NULL;
  if (*out != NULL) return BOURSE_OK;
  code = bourse_fail(call, BOURSE_ERROR_ORDER_NOT_FOUND, request->id != NULL ? "id" : "client_order_id",
                     "there is no order list %s", request->id != NULL ? request->id : request->client_order_id);
  bourse_set_outcome(call, BOURSE_OUTCOME_REJECTED);
  return code;
}

static int32_t list_is_open(const paper_list *list) {
  for (uint32_t i = 0; i < list->count; i++)
    if (list->orders[i] != NULL && bourse__paper_is_open(list->orders[i])) return 1;
  return 0;
}

int32_t bourse__paper_cancel_order_list(bourse_call *call) {
  paper_list *list;
  int32_t code = list_of(&list, call);
  if (code != BOURSE_OK) return code;
  paper_order *open = NULL;
  for (uint32_t i = 0; i < list->count; i++)
    if (list->orders[i] != NULL && bourse__paper_is_open(list->orders[i])) open = list->orders[i];
  if (bourse__paper_cancel(state_of(call)->engine, open) != BOURSE_OK)
    return bourse__paper_refused(call, call->request->id != NULL ? "id" : "client_order_id");
  return add_list(call, list) == BOURSE_OK ? BOURSE_OK : untold(call);
}

int32_t bourse__paper_close_position(bourse_call *call) {
  paper_state *state = state_of(call);
  uint32_t index = bourse__paper_index(state, call->market);
  const paper_holding *holding = &user_of(state)->holdings[index];
  int32_t side = call->request->position_side, hedged = user_of(state)->hedged;
  int64_t longs = holding->slots[PAPER_LONG].size, shorts = holding->slots[PAPER_SHORT].size;
  bourse_order_request request = BOURSE_ORDER_REQUEST_INIT;
  if (side == 0 && longs != 0 && shorts != 0)
    return bourse_fail(call, BOURSE_ERROR_BAD_REQUEST, "position_side",
                       "both a long and a short position are open; say which");
  int32_t close_long = side == BOURSE_POSITION_LONG || (side != BOURSE_POSITION_SHORT && longs != 0);
  request.side = close_long ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  request.type = BOURSE_ORDER_MARKET;
  request.close_position = BOURSE_YES;
  request.client_order_id = call->request->client_order_id;
  if (hedged) request.position_side = close_long ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
  paper_order *order;
  if (bourse__paper_submit(&order, state->engine, state->user, index, &request) != BOURSE_OK)
    return bourse__paper_refused(call, NULL);
  return add_order(call, order) == BOURSE_OK ? BOURSE_OK : untold(call);
}

/* --- Listing --- */

static int32_t is_listed(const bourse_call *call, const paper_order *order) {
  const paper_state *state = state_of(call);
  const bourse_request *request = call->request;
  if (call->market != NULL && order->market != bourse__paper_index(state, call->market)) return 0;
  if (call->market == NULL && request->product != 0 && state->markets[order->market].product != request->product)
    return 0;
  if (request->trigger != BOURSE_UNSET && (request->trigger > 0) != (order->trigger_kind != PAPER_TRIGGER_NONE))
    return 0;
  if (!in_range(call, order->created_ns)) return 0;
  switch (call->operation) {
    case BOURSE_OP_FETCH_OPEN_ORDERS: return bourse__paper_is_open(order);
    case BOURSE_OP_FETCH_CLOSED_ORDERS: return order->status == BOURSE_ORDER_FILLED;
    case BOURSE_OP_FETCH_CANCELED_ORDERS: return !bourse__paper_is_open(order) && order->status != BOURSE_ORDER_FILLED;
    case BOURSE_OP_FETCH_MY_LIQUIDATIONS:
      return order->reason == PAPER_LIQUIDATED && order->status == BOURSE_ORDER_FILLED;
    default: return 1;
  }
}

int32_t bourse__paper_fetch_orders(bourse_call *call) {
  const paper_account *account = user_of(state_of(call));
  uint32_t total = 0, first, count, seen = 0;
  for (const paper_order *order = account->all.first; order != NULL; order = order->all_next)
    total += is_listed(call, order) != 0;
  bourse__paper_page(&first, &count, total, call,
                     call->operation == BOURSE_OP_FETCH_OPEN_ORDERS ? UINT32_MAX : ORDERS_USUAL);
  for (const paper_order *order = account->all.first; order != NULL && bourse_appended(call) < count;
       order = order->all_next) {
    if (!is_listed(call, order) || seen++ < first) continue;
    int32_t code = add_order(call, order);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}

/* `limit` counts lists, not orders. */
int32_t bourse__paper_fetch_order_lists(bourse_call *call) {
  const paper_state *state = state_of(call);
  if (call->operation == BOURSE_OP_FETCH_ORDER_LIST) {
    paper_list *list;
    int32_t code = list_of(&list, call);
    return code == BOURSE_OK ? add_list(call, list) : code;
  }
  uint32_t total = 0, first, count, seen = 0, given = 0;
  uint32_t market = call->market == NULL ? UINT32_MAX : bourse__paper_index(state, call->market);
  uint64_t from_id = read_id(call->request->id);
  for (int32_t pass = 0; pass < 2; pass++) {
    if (pass == 1) bourse__paper_page(&first, &count, total, call, ORDERS_USUAL);
    for (const paper_list *list = user_of(state)->first_list; list != NULL; list = list->next) {
      if ((market != UINT32_MAX && list->market != market) || !in_range(call, list->created_ns) || list->id < from_id)
        continue;
      if (call->operation == BOURSE_OP_FETCH_OPEN_ORDER_LISTS && !list_is_open(list)) continue;
      if (pass == 0) {
        total++;
        continue;
      }
      if (seen++ < first || given == count) continue;
      given++;
      int32_t code = add_list(call, list);
      if (code != BOURSE_OK) return code;
    }
  }
  return BOURSE_OK;
}

static int32_t fill_is_listed(const bourse_call *call, const paper_fill *fill, uint64_t order_id, uint64_t from_id) {
  const paper_state *state = state_of(call);
  if (call->market != NULL && fill->market != bourse__paper_index(state, call->market)) return 0;
  if (call->market == NULL && call->request->product != 0 &&
      state->markets[fill->market].product != call->request->product)
    return 0;
  return in_range(call, fill->time_ns) && (order_id == 0 || fill->order_id == order_id) && fill->id >= from_id;
}

int32_t bourse__paper_fetch_my_trades(bourse_call *call) {
  const bourse_request *request = call->request;
  const paper_ring *fills = &user_of(state_of(call))->fills;
  uint64_t order_id = 0, from_id = read_id(request->id);
  uint32_t total = 0, first, count, seen = 0;
  if (request->order_id != NULL) {
    const paper_order *order = find(call, request->order_id, NULL);
    if (order == NULL) return bourse__paper_refused(call, NULL);
    order_id = order->id;
  }
  for (uint32_t i = 0; i < fills->count; i++)
    total += fill_is_listed(call, bourse__paper_ring_at(fills, i), order_id, from_id) != 0;
  bourse__paper_page(&first, &count, total, call, ORDERS_USUAL);
  if (from_id != 0) first = 0;
  for (uint32_t i = 0; i < fills->count && bourse_appended(call) < count; i++) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    if (!fill_is_listed(call, fill, order_id, from_id) || seen++ < first) continue;
    bourse_fill *out = bourse_append(call, BOURSE_KIND_FILL);
    if (out == NULL) return BOURSE_ERROR_MEMORY;
    int32_t code = tell_fill(call, out, fill);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}
