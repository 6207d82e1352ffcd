/* tests/sim/host.c - the program under test: it opens the library with a store, watches its orders, fills and books, and trades
 * at random. When it dies, all it knows is gone but the store; when it starts again, it does what the documentation says a
 * host does: resolve what is unknown, ask for the fills since the last one it had. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "world.h"

#define KNOWN_MAX   64 /* own open orders that it remembers */
#define BOOK_LEVELS 5

typedef struct own_order {
  char client_id[72];
  char id[64];
  char symbol[24];
  int32_t side;
} own_order;

struct host {
  world *w;
  bourse_context *context;
  bourse_exchange *exchange;
  bourse_stream *orders, *fills, *books;
  bourse_stream *conditional; /* NULL: they come with the others */
  own_order known[KNOWN_MAX];
  uint32_t known_count;
  uint32_t under_way;
  uint32_t resolving;
  int32_t quiet;
  int32_t settled_asked;
  int32_t unknown; /* answer of the last resolving: some are */
  int64_t next_act_ns;
  int64_t next_resolve_ns;
  int64_t next_open_ns;
  int32_t reopened;
  int32_t watches_fills; /* since the stream of fills was live, what it tells must be all */
  int64_t next_fills_ns;
  int64_t next_reconcile_ns;
  int64_t fills_since_ns; /* asked for at the start */
  int32_t reconciled;     /* 0: to be asked for, -1: under way, 1: done */
  uint32_t reconciling;   /* which market, where they are asked for one by one */
};

/* --- What the library is given --- */

static int64_t clock_now(void *user_data) {
  world *w = user_data;
  return w->now_ns + w->skew_ns;
}

static int64_t clock_monotonic(void *user_data) { return ((world *)user_data)->now_ns; }

static void fill_random(void *user_data, void *out, size_t size) {
  world *w = user_data;
  for (size_t i = 0; i < size; i++) ((uint8_t *)out)[i] = (uint8_t)(draw(&w->random) >> 13);
}

/* Every block has its size before it, so that what is not given back is seen. */
static void *count_allocate(void *user_data, size_t size) {
  world *w = user_data;
  size_t *block = malloc(size + 16);
  if (block == NULL) return NULL;
  block[0] = size;
  w->memory += (int64_t)size;
  w->blocks++;
  return block + 2;
}

static void count_release(void *user_data, void *memory) {
  world *w = user_data;
  if (memory == NULL) return;
  size_t *block = (size_t *)memory - 2;
  w->memory -= (int64_t)block[0];
  w->blocks--;
  free(block);
}

static void *count_reallocate(void *user_data, void *memory, size_t size) {
  world *w = user_data;
  if (memory == NULL) return count_allocate(user_data, size);
  size_t *block = realloc((size_t *)memory - 2, size + 16);
  if (block == NULL) return NULL;
  w->memory += (int64_t)size - (int64_t)block[0];
  block[0] = size;
  return block + 2;
}

static void on_log(void *user_data, int32_t level, const char *message) {
  world *w = user_data;
  const sim_account *account = world_account(w);
  (void)level;
  if (w->set.trace) printf("      log: %s\n", message);
  if (strstr(message, account->key.secret) != NULL || strstr(message, account->key.api_key) != NULL)
    world_fail(w, "a secret is in the log: %s", message);
}

static void on_wire(void *user_data, const bourse_wire_record *record) {
  world *w = user_data;
  const sim_account *account = world_account(w);
  const char *texts[] = {record->url, record->headers, record->body, record->reply};
  for (size_t i = 0; i < 4; i++)
    if (strstr(texts[i], account->key.secret) != NULL || strstr(texts[i], account->key.api_key) != NULL)
      world_fail(w, "a secret is in a record of the wire: %s", texts[i]);
}

/* --- Knowing own orders --- */

static void forget(host *h, uint32_t index) { h->known[index] = h->known[--h->known_count]; }

static void learn_order(host *h, const bourse_order *order) {
  int32_t open = order->status == BOURSE_ORDER_OPEN || order->status == BOURSE_ORDER_UNTRIGGERED ||
                 order->status == BOURSE_ORDER_PENDING;
  if (order->client_order_id == NULL || order->symbol == NULL || order->id == NULL) return;
  for (uint32_t i = 0; i < h->known_count; i++) {
    if (strcmp(h->known[i].client_id, order->client_order_id) != 0) continue;
    if (!open) forget(h, i);
    return;
  }
  if (!open || h->known_count == KNOWN_MAX) return;
  own_order *own = &h->known[h->known_count++];
  snprintf(own->client_id, sizeof own->client_id, "%s", order->client_order_id);
  snprintf(own->id, sizeof own->id, "%s", order->id);
  snprintf(own->symbol, sizeof own->symbol, "%s", order->symbol);
  own->side = order->side;
}

/* --- Results --- */

static void take_fills(host *h, const bourse_result *result) {
  for (uint32_t i = 0; i < bourse_result_count(result); i++) verdict_fill(h->w, bourse_result_fill(result, i), 0);
}

static int32_t is_over(const bourse_order *order) {
  return order->status == BOURSE_ORDER_FILLED || order->status == BOURSE_ORDER_CANCELED ||
         order->status == BOURSE_ORDER_REJECTED || order->status == BOURSE_ORDER_EXPIRED;
}

static void on_result(host *h, bourse_result *result) {
  int32_t operation = bourse_result_operation(result), code = bourse_result_code(result);
  const bourse_error *error = bourse_result_error(result);
  world *w = h->w;
  if (w->set.trace)
    printf("    %s: %s%s%s [%s] %s\n", bourse_operation_name(operation),
           code == BOURSE_OK ? "ok" : bourse_error_name(code), code == BOURSE_OK ? "" : ": ",
           code == BOURSE_OK ? "" : error->message, bourse_outcome_name(bourse_result_outcome(result)),
           error->client_order_id);
  if (operation == BOURSE_OP_RESOLVE_ORDERS) {
    h->resolving = 0;
    h->unknown = code != BOURSE_OK;
    for (uint32_t i = 0; i < bourse_result_count(result); i++)
      if (bourse_result_order(result, i)->outcome == BOURSE_OUTCOME_UNKNOWN)
        h->unknown = 1;
      else
        w->resolved++;
    h->settled_asked = !h->unknown;
  }
  if (operation == BOURSE_OP_RECONCILE_ORDERS) {
    h->reconciled = code == BOURSE_OK;
    for (uint32_t i = 0; i < bourse_result_count(result);
         i++) /* an orphan of which nothing was to be learned this time */
      if (bourse_result_order(result, i)->origin == BOURSE_ORIGIN_ORPHAN && !is_over(bourse_result_order(result, i)))
        h->reconciled = 0;
    if (w->venue->listed_by_market && h->reconciled == 1 && ++h->reconciling < w->venue->market_count) {
      h->reconciled = 0;
      h->next_reconcile_ns = w->now_ns;
    } else if (h->reconciled != 1) {
      h->reconciling = 0;
    }
  }
  if (bourse_result_outcome(result) == BOURSE_OUTCOME_UNKNOWN) {
    w->unknowns++;
    h->settled_asked = 0;
  }
  if (code == BOURSE_OK && bourse_result_kind(result) == BOURSE_KIND_ORDER)
    for (uint32_t i = 0; i < bourse_result_count(result); i++) learn_order(h, bourse_result_order(result, i));
  if (code == BOURSE_OK && bourse_result_kind(result) == BOURSE_KIND_FILL) take_fills(h, result);
  if (operation == BOURSE_OP_FETCH_MY_TRADES && code != BOURSE_OK) h->fills_since_ns = 1; /* again, later */
}

static void start(host *h, bourse_request *request) {
  uint64_t ticket;
  int32_t code = bourse_submit(h->exchange, request, &ticket);
  if (h->w->set.trace)
    printf(
        "%.3f %s%s%s\n", (double)(h->w->now_ns % (100000 * SECOND)) / 1e9, bourse_operation_name(request->operation),
        code == BOURSE_OK ? "" : " not started: ", code == BOURSE_OK ? "" : bourse_context_error(h->context)->message);
  if (code == BOURSE_OK) h->under_way++;
}

/* --- What it does --- */

static const paper_market *market_at(const world *w, uint32_t index) {
  return bourse__paper_market(sim_engine(w->server), w->venue->markets[index]);
}

/* A price near the market's, on a tick. */
static bourse_decimal near(world *w, const paper_market *market, int32_t side, int64_t thousandths) {
  int64_t price = market->last > 0 ? market->last : 1000;
  price += price * thousandths / 1000 * (side == BOURSE_SIDE_BUY ? -1 : 1);
  price -= price % (market->tick * 10);
  if (price <= 0) price = market->tick * 10;
  (void)w;
  return bourse__paper_decimal(price, market->price_scale);
}

static bourse_decimal some_amount(world *w, const paper_market *market) {
  /* About 30 to 150 units of quote currency, on a step; all venues take that. */
  paper_money one = market->unit_cost * (market->last > 0 ? market->last : 1000); /* cost of one amount unit */
  paper_money wanted = (paper_money)(60 + (int64_t)draw_below(&w->random, 100)) * 1000000000000000000;
  if (strcmp(market->about->quote, "BTC") == 0) wanted /= 60000;
  int64_t units = one > 0 ? (int64_t)(wanted / one) : 1;
  units -= units % market->step;
  if (units < market->amount_min) units = market->amount_min;
  if (units < market->step) units = market->step;
  return bourse__paper_decimal(units, market->amount_scale);
}

/* So near that it fires soon. */
static bourse_decimal beside(world *w, const paper_market *market, int32_t above) {
  int64_t price = market->last > 0 ? market->last : 1000;
  int64_t ticks = 1 + price * (int64_t)(1 + draw_below(&w->random, 60)) / 100000 / market->tick;
  price -= price % market->tick;
  return bourse__paper_decimal(price + (above ? ticks : -ticks) * market->tick, market->price_scale);
}

/* One that takes the profit instead; and either nearer, or with a limit. */
static void vary_condition(world *w, const paper_market *market, bourse_order_request *order) {
  int32_t buys = order->side == BOURSE_SIDE_BUY, gains = draw_chance(&w->random, 1, 2);
  bourse_decimal *trigger = gains ? &order->take_profit_price : &order->stop_loss_price;
  if (gains) {
    memset(&order->stop_loss_price, 0, sizeof order->stop_loss_price);
    *trigger = near(w, market, order->side, (int64_t)(1 + draw_below(&w->random, 20)));
  }
  if (draw_chance(&w->random, 2, 3)) *trigger = beside(w, market, buys != gains);
  if (draw_chance(&w->random, 1, 2)) return;
  order->type = BOURSE_ORDER_LIMIT;
  order->price = near(w, market, order->side, (int64_t)draw_below(&w->random, 40) - 20);
}

static void form_order(host *h, bourse_order_request *order) {
  world *w = h->w;
  const paper_market *market = market_at(w, (uint32_t)draw_below(&w->random, w->venue->market_count));
  memset(order, 0, sizeof *order);
  bourse_order_request_init(order, sizeof *order);
  order->symbol = market->about->symbol;
  order->side = draw_chance(&w->random, 1, 2) ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
  order->amount = some_amount(w, market);
  uint64_t kind = draw_below(&w->random, 10);
  order->type = kind < 3 ? BOURSE_ORDER_MARKET : BOURSE_ORDER_LIMIT;
  if (kind >= 3) {
    static const int32_t away[] = {-2, 1, 2, 5, 20};
    order->price = near(w, market, order->side, away[draw_below(&w->random, 5)]);
  }
  if (kind == 4) order->time_in_force = BOURSE_IMMEDIATE_OR_CANCEL;
  if (kind == 5) order->post_only = BOURSE_YES;
  if (kind == 6 && w->venue->stops) { /* a stop: what is sent when the price has gone that way */
    order->type = BOURSE_ORDER_MARKET;
    order->stop_loss_price = near(w, market, order->side, -(int64_t)(2 + draw_below(&w->random, 20)));
    if (w->venue->stops == LIMITED) {
      order->type = BOURSE_ORDER_LIMIT;
      order->price = near(w, market, order->side, -25);
    } else {
      memset(&order->price, 0, sizeof order->price);
    }
    if (w->venue->gains) vary_condition(w, market, order);
  }
}

/* Either may be so near that it is soon what happens; and the gain may wait for its price. */
static void vary_pair(world *w, const paper_market *market, bourse_order_request *limit, bourse_order_request *stop) {
  int32_t sells = limit->side == BOURSE_SIDE_SELL, waits = draw_chance(&w->random, 1, 2);
  if (draw_chance(&w->random, 1, 2)) limit->price = beside(w, market, sells);
  if (draw_chance(&w->random, 1, 2)) stop->stop_loss_price = beside(w, market, !sells);
  if (!waits) return;
  limit->type = BOURSE_ORDER_MARKET;
  limit->take_profit_price = limit->price;
  memset(&limit->price, 0, sizeof limit->price);
}

/* Orders that hang together: one that takes the profit and one that stops the loss, each canceling the other, or such a pair, or
 * one order, that another brings to life. */
static void create_list(host *h) {
  static const int32_t kinds[] = {BOURSE_LIST_OCO, BOURSE_LIST_OTO, BOURSE_LIST_OTOCO, BOURSE_LIST_OPO,
                                  BOURSE_LIST_OPOCO};
  world *w = h->w;
  bourse_order_request order[3];
  const bourse_order_request *orders[3] = {&order[0], &order[1], &order[2]};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER_LIST);
  const paper_market *market = market_at(w, (uint32_t)draw_below(&w->random, w->venue->market_count));
  int32_t as_one = w->venue->lists == LIMITED;
  uint32_t kind = as_one ? 0 : (uint32_t)draw_below(&w->random, 5), pair = kind != 1 && kind != 3, first = kind != 0;
  int32_t side = kind < 3 && draw_chance(&w->random, 1, 2) ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  bourse_decimal amount = some_amount(w, market);
  request.list_kind = kinds[kind];
  request.orders = orders;
  request.order_count = first + 1 + pair;
  for (uint32_t i = 0; i < request.order_count; i++) {
    memset(&order[i], 0, sizeof order[i]);
    bourse_order_request_init(&order[i], sizeof order[i]);
    order[i].symbol = market->about->symbol;
    order[i].side = i == 0 || !first ? side : side == BOURSE_SIDE_BUY ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
    order[i].amount = amount;
  }
  if (first) { /* at once, or soon */
    order[0].type = BOURSE_ORDER_LIMIT;
    order[0].price = near(w, market, side, (int64_t)draw_below(&w->random, 4) - 2);
  }
  bourse_order_request *limit = &order[first], *stop = &order[first + 1];
  limit->type = BOURSE_ORDER_LIMIT;
  limit->post_only = pair && !as_one ? BOURSE_YES : 0;
  limit->price = near(w, market, limit->side, 3 + (int64_t)draw_below(&w->random, 20));
  if (pair) {
    stop->type = BOURSE_ORDER_MARKET;
    stop->stop_loss_price = near(w, market, stop->side, -(int64_t)(3 + draw_below(&w->random, 20)));
  }
  if (as_one) vary_pair(w, market, limit, stop);
  w->orders += request.order_count;
  start(h, &request);
}

static void create_order(host *h) {
  bourse_order_request order;
  const bourse_order_request *orders[1] = {&order};
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDER);
  form_order(h, &order);
  request.orders = orders;
  request.order_count = 1;
  h->w->orders++;
  start(h, &request);
}

static void create_orders(host *h) {
  bourse_order_request order[3];
  const bourse_order_request *orders[3];
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CREATE_ORDERS);
  form_order(h, &order[0]);
  uint32_t count = 2 + (uint32_t)draw_below(&h->w->random, 2);
  for (uint32_t i = 0; i < count; i++) {
    const char *symbol = order[0].symbol;
    do form_order(h, &order[i]);
    while (strcmp(order[i].symbol, symbol) != 0);
    orders[i] = &order[i];
  }
  request.orders = orders;
  request.order_count = count;
  h->w->orders += count;
  start(h, &request);
}

static void cancel_order(host *h) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_CANCEL_ORDER);
  if (h->known_count == 0) return;
  const own_order *own = &h->known[draw_below(&h->w->random, h->known_count)];
  request.symbol = own->symbol;
  if (draw_chance(&h->w->random, 1, 2))
    request.order_id = own->id;
  else
    request.client_order_id = own->client_id;
  start(h, &request);
}

static void edit_order(host *h) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_EDIT_ORDER);
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  const bourse_order_request *orders[1] = {&order};
  if (h->known_count == 0 || !h->w->venue->amends) return;
  const own_order *own = &h->known[draw_below(&h->w->random, h->known_count)];
  const paper_market *market = NULL;
  for (uint32_t i = 0; i < h->w->venue->market_count; i++)
    if (strcmp(market_at(h->w, i)->about->symbol, own->symbol) == 0) market = market_at(h->w, i);
  if (market == NULL) return;
  order.symbol = own->symbol;
  order.side = own->side;
  order.type = BOURSE_ORDER_LIMIT;
  order.amount = some_amount(h->w, market);
  order.price = near(h->w, market, own->side, 3 + (int64_t)draw_below(&h->w->random, 20));
  request.order_id = own->id;
  request.orders = orders;
  request.order_count = 1;
  start(h, &request);
}

static void ask_something(host *h) {
  static const int32_t what[] = {BOURSE_OP_FETCH_BALANCES, BOURSE_OP_FETCH_OPEN_ORDERS, BOURSE_OP_FETCH_MY_TRADES,
                                 BOURSE_OP_FETCH_TICKER, BOURSE_OP_FETCH_ORDER_BOOK};
  bourse_request request = BOURSE_REQUEST_INIT(what[draw_below(&h->w->random, 5)]);
  if (request.operation != BOURSE_OP_FETCH_BALANCES)
    request.symbol = market_at(h->w, (uint32_t)draw_below(&h->w->random, h->w->venue->market_count))->about->symbol;
  request.product = h->w->venue->product;
  start(h, &request);
}

static void ask_fills(host *h) {
  h->fills_since_ns = 0;
  h->next_fills_ns = h->w->now_ns + 10 * SECOND;
  for (uint32_t i = 0; i < (h->w->venue->all_fills ? 1 : h->w->venue->market_count); i++) {
    bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_FETCH_MY_TRADES);
    if (!h->w->venue->all_fills) request.symbol = market_at(h->w, i)->about->symbol;
    request.product = h->w->venue->product;
    request.limit = 1000;
    request.timeout_ms = 60000;
    start(h, &request);
  }
}

static void resolve(host *h) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_RESOLVE_ORDERS);
  request.timeout_ms = 60000;
  h->next_resolve_ns = h->w->now_ns + (int64_t)(5 + draw_below(&h->w->random, 10)) * SECOND;
  if (h->resolving) return;
  uint32_t before = h->under_way;
  start(h, &request);
  h->resolving = h->under_way > before;
}

/* What the journal has as open may be over since. */
static void reconcile(host *h) {
  bourse_request request = BOURSE_REQUEST_INIT(BOURSE_OP_RECONCILE_ORDERS);
  request.product = h->w->venue->product;
  request.timeout_ms = 60000;
  uint32_t before = h->under_way;
  if (h->w->venue->listed_by_market)
    request.symbol = market_at(h->w, h->reconciling % h->w->venue->market_count)->about->symbol;
  h->next_reconcile_ns = h->w->now_ns + 5 * SECOND;
  start(h, &request);
  if (h->under_way > before) h->reconciled = -1;
}

static void act(host *h) {
  uint64_t kind = draw_below(&h->w->random, 20);
  if (kind < 9 && (kind > 0 || h->w->venue->lists != LIMITED))
    create_order(h);
  else if (kind == 0)
    create_list(h);
  else if (kind == 9 && h->w->venue->lists && draw_chance(&h->w->random, 1, 2))
    create_list(h);
  else if (kind == 9)
    create_orders(h);
  else if (kind < 14)
    cancel_order(h);
  else if (kind < 16)
    edit_order(h);
  else
    ask_something(h);
}

/* --- Books --- */

static void read_books(host *h) {
  for (uint32_t i = 0; i < h->w->venue->market_count; i++) {
    bourse_level bids[BOOK_LEVELS], asks[BOOK_LEVELS];
    uint32_t bid_count = BOOK_LEVELS, ask_count = BOOK_LEVELS;
    const char *symbol = market_at(h->w, i)->about->symbol;
    if (bourse_book_levels(bids, &bid_count, h->books, symbol, BOURSE_SIDE_BUY) != BOURSE_OK) continue;
    if (bourse_book_levels(asks, &ask_count, h->books, symbol, BOURSE_SIDE_SELL) != BOURSE_OK) continue;
    verdict_book(h->w, i, bids, bid_count, asks, ask_count);
  }
}

static void drain(host *h) {
  bourse_event event = BOURSE_EVENT_INIT;
  bourse_stream_event told = BOURSE_STREAM_EVENT_INIT;
  while (bourse_next(h->context, &event) > 0) {
    if (event.kind == BOURSE_EVENT_RESULT) h->under_way--;
    if (event.result != NULL) on_result(h, event.result);
    bourse_result_free(event.result);
  }
  while (bourse_stream_next(h->orders, &told) > 0)
    for (uint32_t i = 0; told.kind == BOURSE_STREAM_DATA && i < told.count; i++)
      learn_order(h, bourse_stream_event_record(&told, i));
  while (h->conditional != NULL && bourse_stream_next(h->conditional, &told) > 0)
    for (uint32_t i = 0; told.kind == BOURSE_STREAM_DATA && i < told.count; i++)
      learn_order(h, bourse_stream_event_record(&told, i));
  while (bourse_stream_next(h->fills, &told) > 0)
    for (uint32_t i = 0; told.kind == BOURSE_STREAM_DATA && i < told.count; i++)
      verdict_fill(h->w, bourse_stream_event_record(&told, i), (int32_t)h->w->fill_streams);
  while (bourse_stream_next(h->books, &told) > 0) read_books(h);
}

/* --- Life --- */

static int32_t watch(host *h, bourse_stream **out, int32_t operation, int32_t with_symbols) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  const char *symbols[3];
  const bourse_param channel = {.name = "channel", .value = h->w->venue->conditional};
  request.product = h->w->venue->product;
  for (uint32_t i = 0; i < h->w->venue->market_count; i++) symbols[i] = market_at(h->w, i)->about->symbol;
  if (with_symbols) {
    request.symbols = symbols;
    request.symbol_count = h->w->venue->market_count;
  }
  if (out == &h->conditional) {
    request.params = &channel;
    request.param_count = 1;
  }
  return bourse_watch(out, h->exchange, &request, NULL);
}

static void refused(host *h, const char *what) {
  world_fail(h->w, "%s: %s", what, bourse_context_error(h->context)->message);
}

host *host_start(world *w) {
  host *h = calloc(1, sizeof *h);
  bourse_context_options options = BOURSE_CONTEXT_OPTIONS_INIT;
  bourse_options open = BOURSE_OPTIONS_INIT;
  bourse_credentials credentials = BOURSE_CREDENTIALS_INIT;
  bourse_transport transport = network_transport(w->net);
  bourse_store store = disk_store(w->disk);
  const bourse_param hosts[] = {{.name = "*", .value = "http://sim"}};
  const bourse_param kind = {.name = "account", .value = w->venue->account};
  const sim_account *account = world_account(w);
  if (h == NULL) abort();
  h->w = w;
  options.allocator = (bourse_allocator){w, count_allocate, count_reallocate, count_release};
  options.clock = (bourse_clock){w, clock_now, clock_monotonic};
  options.random = (bourse_random){w, fill_random};
  options.transport = &transport;
  options.log = on_log;
  options.log_user_data = w;
  options.log_level = BOURSE_LOG_DEBUG;
  options.on_wire = on_wire;
  options.on_wire_user_data = w;
  options.store = &store;
  if (bourse_context_new(&h->context, &options) != BOURSE_OK) {
    world_fail(w, "no context");
    return h;
  }
  credentials.api_key = account->key.api_key;
  credentials.secret = account->key.secret;
  credentials.passphrase = account->key.passphrase;
  open.credentials = &credentials;
  open.hosts = hosts;
  open.host_count = 1;
  open.product = w->venue->product;
  if (kind.value != NULL) open.settings = &kind;
  if (kind.value != NULL) open.setting_count = 1;
  open.timeout_ms = 2000 + (int64_t)draw_below(&w->random, 8000);
  if (w->venue->by_socket && draw_chance(&w->random, 1, 3)) open.order_transport = BOURSE_TRANSPORT_SOCKET;
  if (bourse_open(&h->exchange, h->context, w->venue->exchange, &open) != BOURSE_OK) {
    refused(h, "open");
    return h;
  }
  if (watch(h, &h->orders, BOURSE_OP_WATCH_ORDERS, 0) != BOURSE_OK) refused(h, "watch_orders");
  if (watch(h, &h->fills, BOURSE_OP_WATCH_MY_TRADES, 0) != BOURSE_OK) refused(h, "watch_my_trades");
  if (watch(h, &h->books, BOURSE_OP_WATCH_ORDER_BOOK, 1) != BOURSE_OK) refused(h, "watch_order_book");
  if (w->venue->conditional != NULL && watch(h, &h->conditional, BOURSE_OP_WATCH_ORDERS, 0) != BOURSE_OK)
    refused(h, "watch_orders of conditional ones");
  w->fill_streams++;
  h->next_act_ns = w->now_ns + SECOND;
  h->next_resolve_ns = w->now_ns + 100 * MS;
  return h;
}

/* A stream that ended for good is opened again after a while, as any host would. */
static void reopen(host *h, bourse_stream **stream, int32_t operation, int32_t with_symbols) {
  if (bourse_stream_state(*stream, NULL) != BOURSE_STREAM_CLOSED || h->w->now_ns < h->next_open_ns) return;
  h->next_open_ns = h->w->now_ns + 2 * SECOND;
  h->reopened = 1;
  bourse_stream_close(*stream);
  if (watch(h, stream, operation, with_symbols) != BOURSE_OK) refused(h, "watching again");
  if (operation != BOURSE_OP_WATCH_MY_TRADES) return;
  h->watches_fills = 0;
  h->w->fill_streams++;
}

void host_step(host *h) {
  int32_t code = bourse_run(h->context, 0);
  if (code < 0) refused(h, "run");
  if (h->w->dying) return;
  drain(h);
  if (h->w->failed || h->w->dying) return;
  reopen(h, &h->orders, BOURSE_OP_WATCH_ORDERS, 0);
  if (h->conditional != NULL) reopen(h, &h->conditional, BOURSE_OP_WATCH_ORDERS, 0);
  reopen(h, &h->fills, BOURSE_OP_WATCH_MY_TRADES, 0);
  reopen(h, &h->books, BOURSE_OP_WATCH_ORDER_BOOK, 1);
  if (!h->watches_fills && bourse_stream_state(h->fills, NULL) == BOURSE_STREAM_LIVE) {
    h->watches_fills = 1;
    h->fills_since_ns = h->w->life > 1 || h->reopened; /* what came before this stream is asked for once */
  }
  if (h->w->now_ns >= h->next_resolve_ns) resolve(h);
  if (h->fills_since_ns > 0 && h->w->now_ns >= h->next_fills_ns) ask_fills(h);
  if (h->reconciled == 0 && h->settled_asked && (!h->quiet || h->under_way == 0) &&
      h->w->now_ns >= h->next_reconcile_ns)
    reconcile(h);
  if (h->quiet || !h->watches_fills || h->w->now_ns < h->next_act_ns) return;
  h->next_act_ns = h->w->now_ns + (int64_t)(50 + draw_below(&h->w->random, 2500)) * MS;
  act(h);
  bourse_run(h->context, 0);
}

int64_t host_next_ns(const host *h) {
  int64_t wait = bourse_timeout_ms(h->context), next = INT64_MAX;
  if (wait >= 0) next = h->w->now_ns + (wait > 0 ? wait : 1) * MS;
  if (h->next_resolve_ns < next) next = h->next_resolve_ns;
  if (!h->quiet && h->next_act_ns < next)
    next = h->next_act_ns > h->w->now_ns ? h->next_act_ns : h->w->now_ns + 100 * MS;
  return next;
}

/* All of it goes as the process's memory goes: nothing is sent, nobody is told. */
void host_kill(host *h) {
  network_orphan(h->w->net);
  host_stop(h);
}

void host_stop(host *h) {
  if (h == NULL) return;
  bourse_stream_close(h->orders);
  bourse_stream_close(h->conditional);
  bourse_stream_close(h->fills);
  bourse_stream_close(h->books);
  bourse_close(h->exchange);
  bourse_context_free(h->context);
  free(h);
}

void host_quiet(host *h) {
  h->quiet = 1;
  h->settled_asked = 0;
  h->reconciled = 0;
  h->reconciling = 0;
  h->next_resolve_ns = h->w->now_ns;
}

int32_t host_is_settled(host *h) {
  if (h->under_way > 0 || !h->settled_asked || h->unknown || !h->watches_fills || h->fills_since_ns > 0 ||
      h->reconciled != 1)
    return 0;
  if (h->conditional != NULL && bourse_stream_state(h->conditional, NULL) != BOURSE_STREAM_LIVE) return 0;
  return bourse_stream_state(h->orders, NULL) == BOURSE_STREAM_LIVE &&
         bourse_stream_state(h->fills, NULL) == BOURSE_STREAM_LIVE &&
         bourse_stream_state(h->books, NULL) == BOURSE_STREAM_LIVE;
}

/* For the failure's message. */
void host_describe(host *h, char *out, size_t size) {
  snprintf(out, size, "%u requests under way, resolved %d, reconciled %d, streams of orders %d, fills %d, books %d",
           h->under_way, h->settled_asked, h->reconciled, bourse_stream_state(h->orders, NULL),
           bourse_stream_state(h->fills, NULL), bourse_stream_state(h->books, NULL));
}

bourse_exchange *host_exchange(host *h) { return h->exchange; }
bourse_context *host_context(host *h) { return h->context; }
