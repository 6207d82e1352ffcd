/* sim/orders.c - orders beyond the engine: those that wait for their trigger and hold nothing until then, those that were
 * taken and ended at once, and what each of them was asked to be. */
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "desk.h"

#define ROUNDS 16 /* one that fires may set off another */

/* --- Those that are there --- */

sim_order *sim_order_new(sim *s, sim_orders *orders, uint32_t account, uint32_t market) {
  if (orders->count == orders->capacity) {
    orders->capacity = orders->capacity == 0 ? 64 : orders->capacity * 2;
    orders->items = sim_grow(orders->items, orders->capacity * sizeof *orders->items);
  }
  sim_order *order = sim_alloc(orders->size);
  order->id = sim_next_number(s);
  order->account = account;
  order->market = market;
  orders->items[orders->count++] = order;
  return order;
}

void sim_order_drop(sim_orders *orders, sim_order *order) {
  if (orders->count > 0 && orders->items[orders->count - 1] == order) orders->count--;
  free(order);
}

void sim_orders_free(sim_orders *orders) {
  for (uint32_t i = 0; i < orders->count; i++) free(orders->items[i]);
  free(orders->items);
}

sim_order *sim_order_by_id(const sim_orders *orders, uint64_t id) {
  uint32_t low = 0, high = orders->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (orders->items[middle]->id < id)
      low = middle + 1;
    else
      high = middle;
  }
  return low < orders->count && orders->items[low]->id == id ? orders->items[low] : NULL;
}

static sim_order **bucket(sim_orders *orders, uint64_t engine_id) {
  return &orders->buckets[(engine_id ^ engine_id >> 12) & (SIM_ORDER_BUCKETS - 1)];
}

sim_order *sim_order_of(sim_orders *orders, uint64_t engine_id) {
  sim_order *order = engine_id == 0 ? NULL : *bucket(orders, engine_id);
  while (order != NULL && order->engine_id != engine_id) order = order->next;
  return order;
}

const paper_order *sim_order_paper(sim *s, const sim_order *order) {
  if (order->state != SIM_ORDER_WITH_ENGINE) return &order->own;
  const paper_order *paper = bourse__paper_find(s->engine, order->account, order->engine_id, NULL);
  return paper != NULL ? paper : &order->own;
}

int32_t sim_order_is_open(sim *s, const sim_order *order) { return bourse__paper_is_open(sim_order_paper(s, order)); }

sim_order *sim_order_by_client(sim *s, const sim_orders *orders, uint32_t account, const char *client_id) {
  sim_order *newest = NULL;
  for (uint32_t i = orders->count; client_id != NULL && client_id[0] != '\0' && i-- > 0;) {
    sim_order *order = orders->items[i];
    if (order->account != account || strcmp(order->client_id, client_id) != 0) continue;
    if (sim_order_is_open(s, order)) return order;
    if (newest == NULL) newest = order;
  }
  return newest;
}

/* --- Their life --- */

/* The order as it is while the engine does not have it. */
static void sketch(sim *s, sim_order *order, const bourse_order_request *request, int32_t status) {
  const paper_market *market = bourse__paper_market(s->engine, order->market);
  paper_order *own = &order->own;
  int64_t created_ns = own->created_ns;
  memset(own, 0, sizeof *own);
  own->account = order->account;
  own->market = order->market;
  own->status = status;
  own->side = request->side;
  own->type = request->type;
  own->time_in_force = request->time_in_force;
  own->post_only = request->post_only > 0;
  own->reduce_only = request->reduce_only > 0;
  own->position_side = request->position_side;
  own->self_trade = request->self_trade;
  (void)bourse__paper_units(&own->price, &request->price, market->price_scale);
  (void)bourse__paper_units(&own->amount, &request->amount, market->amount_scale);
  (void)bourse__paper_to_money(&own->cost_asked, &request->cost);
  own->created_ns = created_ns != 0 ? created_ns : s->now_ns;
  own->updated_ns = s->now_ns;
  memcpy(own->client_id, order->client_id, sizeof order->client_id);
}

static void tell(sim *s, sim_orders *orders, sim_order *order) {
  if (orders->told != NULL) orders->told(s, order);
}

int32_t sim_order_place(sim *s, sim_orders *orders, sim_order *order, const bourse_order_request *request) {
  bourse_order_request asked = *request;
  paper_order *paper = NULL;
  asked.client_order_id = order->client_id[0] != '\0' ? order->client_id : NULL;
  sketch(s, order, request, BOURSE_ORDER_OPEN);
  order->request = *request;
  order->state = SIM_ORDER_WITH_ENGINE;
  orders->placing = order;
  int32_t code = sim_submit(s, &paper, order->account, order->market, &asked);
  orders->placing = NULL;
  if (code == BOURSE_OK) {
    if (order->engine_id == 0 && paper != NULL) sim_order_bind(orders, order, paper->id);
    return PAPER_NO_REASON;
  }
  order->state = SIM_ORDER_ENDED;
  return bourse__paper_error(s->engine)->reason;
}

void sim_order_bind(sim_orders *orders, sim_order *order, uint64_t engine_id) {
  sim_order **head = bucket(orders, engine_id);
  order->engine_id = engine_id;
  order->next = *head;
  *head = order;
}

void sim_order_end(sim *s, sim_orders *orders, sim_order *order, int32_t status, int32_t reason) {
  order->state = SIM_ORDER_ENDED;
  order->due = 0;
  order->own.status = status;
  order->own.reason = reason;
  order->own.updated_ns = s->now_ns;
  tell(s, orders, order);
}

void sim_order_wait(sim *s, sim_orders *orders, sim_order *order, const bourse_order_request *request) {
  order->request = *request;
  sketch(s, order, request, BOURSE_ORDER_UNTRIGGERED);
  order->state = SIM_ORDER_WAITS;
  tell(s, orders, order);
}

int32_t sim_order_cancel(sim *s, sim_orders *orders, sim_order *order) {
  const paper_order *paper = sim_order_paper(s, order);
  if (!bourse__paper_is_open(paper)) return 0;
  if (order->state == SIM_ORDER_WITH_ENGINE) return sim_cancel(s, (paper_order *)(uintptr_t)paper) == BOURSE_OK;
  sim_order_end(s, orders, order, BOURSE_ORDER_CANCELED, PAPER_CANCELED);
  return 1;
}

void sim_order_rest_of_group(sim *s, sim_orders *orders, const sim_order *order) {
  for (uint32_t i = 0; order->group != 0 && i < orders->count; i++) {
    sim_order *other = orders->items[i];
    if (other != order && other->group == order->group && other->state == SIM_ORDER_WAITS)
      sim_order_end(s, orders, other, BOURSE_ORDER_CANCELED, PAPER_LIST);
  }
}

/* --- Triggers --- */

static int32_t is_reached(const sim_trigger *trigger, int32_t by, int64_t price) {
  return trigger->price != 0 && trigger->by == by &&
         (trigger->rises ? price >= trigger->price : price <= trigger->price);
}

/* A trailing order follows the best price since it was activated, and fires so far from it. */
static int32_t follows(sim_order *order, int64_t price) {
  sim_trail *trail = &order->trail;
  int32_t buys = order->request.side == BOURSE_SIDE_BUY;
  if (!trail->active && (trail->activation == 0 || (buys ? price <= trail->activation : price >= trail->activation))) {
    trail->active = 1;
    trail->extreme = price;
  }
  if (!trail->active) return 0;
  if (buys ? price < trail->extreme : price > trail->extreme) trail->extreme = price;
  paper_money away = buys ? price - trail->extreme : trail->extreme - price;
  return trail->distance > 0 ? away >= trail->distance
                             : away * 100000000 >= (paper_money)trail->extreme * trail->millionths;
}

int32_t sim_order_would_fire(sim_order *order, int32_t by, int64_t price) {
  if (price == 0) return 0;
  if (order->trail.distance > 0 || order->trail.millionths > 0)
    return order->trail.by == by && follows(order, price) ? 1 : 0;
  for (int32_t i = 0; i < 2; i++)
    if (is_reached(&order->triggers[i], by, price)) return i + 1;
  return 0;
}

void sim_orders_price(sim *s, sim_orders *orders, uint32_t market, int32_t by, int64_t price) {
  (void)s;
  for (uint32_t i = 0; i < orders->count; i++) {
    sim_order *order = orders->items[i];
    if (order->market != market || order->state != SIM_ORDER_WAITS || order->due) continue;
    order->due = sim_order_would_fire(order, by, price);
    orders->due |= order->due != 0;
  }
}

static int64_t closable(sim *s, const sim_order *order) {
  const paper_holding *holding = &bourse__paper_account(s->engine, order->account)->holdings[order->market];
  return holding->slots[order->request.side == BOURSE_SIDE_SELL ? PAPER_LONG : PAPER_SHORT].size;
}

static void fire(sim *s, sim_orders *orders, sim_order *order) {
  bourse_order_request request = order->request;
  const bourse_decimal *limit = &order->triggers[order->due - 1].limit;
  order->fired = order->due;
  order->fired_ns = s->now_ns;
  order->due = 0;
  sim_order_rest_of_group(s, orders, order);
  request.type = bourse_decimal_is_present(limit) ? BOURSE_ORDER_LIMIT : BOURSE_ORDER_MARKET;
  request.price = *limit;
  if (request.type == BOURSE_ORDER_MARKET) request.time_in_force = request.post_only = 0;
  if (order->closes) {
    int64_t size = closable(s, order);
    if (size == 0) {
      sim_order_end(s, orders, order, BOURSE_ORDER_CANCELED, PAPER_REDUCE_ONLY);
      return;
    }
    request.amount = bourse__paper_decimal(size, bourse__paper_market(s->engine, order->market)->amount_scale);
    memset(&request.cost, 0, sizeof request.cost);
  }
  sim_order *becomes = orders->child != NULL ? orders->child(s, order) : order;
  if (becomes == order) tell(s, orders, order);
  int32_t reason = sim_order_place(s, orders, becomes, &request);
  if (reason == PAPER_NO_REASON) return;
  int32_t unfilled = reason == PAPER_UNFILLED || reason == PAPER_NO_LIQUIDITY || reason == PAPER_WOULD_TAKE;
  sim_order_end(s, orders, becomes, unfilled ? BOURSE_ORDER_CANCELED : BOURSE_ORDER_REJECTED, reason);
}

void sim_orders_tick(sim *s, sim_orders *orders) {
  for (int32_t rounds = 0; orders->due && rounds < ROUNDS; rounds++) {
    orders->due = 0;
    for (uint32_t i = 0; i < orders->count; i++)
      if (orders->items[i]->due && orders->items[i]->state == SIM_ORDER_WAITS) fire(s, orders, orders->items[i]);
  }
}

/* --- What the engine tells --- */

sim_order *sim_orders_event(sim *s, sim_orders *orders, const paper_event *event) {
  if (event->kind != PAPER_EVENT_FILL && event->kind != PAPER_EVENT_ORDER) return NULL;
  if (sim_account_of(s, event->account) == NULL) return NULL;
  uint64_t id = event->kind == PAPER_EVENT_FILL ? event->u.fill.order_id : event->u.order.id;
  sim_order *order = sim_order_of(orders, id);
  if (order == NULL) {
    order = orders->placing;
    if (order == NULL || order->engine_id != 0 || order->account != event->account || order->market != event->market) {
      order = sim_order_new(s, orders, event->account, event->market); /* by which the exchange closes a position */
      order->unasked = 1;
    }
    sim_order_bind(orders, order, id);
  }
  if (event->kind == PAPER_EVENT_FILL) {
    order->fill = event->u.fill;
    order->has_fill = 1;
  } else {
    order->own = event->u.order; /* what is left when the engine has forgotten it */
  }
  return order;
}

int32_t sim_orders_kept(const sim_orders *orders, uint32_t index, sim_kept *out) {
  if (index >= orders->count) return 0;
  const sim_order *order = orders->items[index];
  *out = (sim_kept){order->account,
                    order->engine_id == 0 ? order->client_id : NULL,
                    order->own.status,
                    order->own.reason,
                    0,
                    0,
                    0,
                    order->own.updated_ns};
  return 1;
}
