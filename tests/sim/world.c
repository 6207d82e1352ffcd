/* tests/sim/world.c - one run from one seed: trading under faults, deaths of the host, then peace, and the checks. */
#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START_NS INT64_C(1760000000000000000)
#define PEACE_NS (1200 * SECOND) /* until when all must be settled */
#define TOLD_NS  (500 * MS)      /* after the second at which the market moves: what came of it has been told */

#define SPOT_MARKETS    .markets = {0, 1, 3}, .market_count = 3
#define FUTURES_MARKETS .markets = {6, 7}, .market_count = 2, .wallet = 1
#define UNIFIED_MARKETS .markets = {6, 7}, .market_count = 2 /* with the money of spot */

/* Coinbase has conditional orders with a limit only. A bracket of Coinbase is one order, and Bybit has no lists. */
/* clang-format off: rows stay rows */
const venue venues[] = {
    {"binance", "spot", BOURSE_PRODUCT_SPOT, SPOT_MARKETS, .amends = 1, .by_socket = 1, .stops = 1, .lists = 1},
    {"binance", "usdm", BOURSE_PRODUCT_LINEAR, FUTURES_MARKETS, .amends = 1, .by_socket = 1, .stops = 1, .gains = 1},
    {"kraken", "spot", BOURSE_PRODUCT_SPOT, SPOT_MARKETS, .amends = 1, .by_socket = 1, .stops = 1, .all_fills = 1,
     .lists_refused = 1},
    {"kraken", "futures", BOURSE_PRODUCT_LINEAR, FUTURES_MARKETS, .key = 1, .amends = 1, .stops = 1, .all_fills = 1,
     .level_by_level = 1},
    {"bybit", "spot", BOURSE_PRODUCT_SPOT, SPOT_MARKETS, .amends = 1, .by_socket = 1, .stops = 1, .gains = 1,
     .lists_refused = 1, .long_key = 1},
    {"bybit", "linear", BOURSE_PRODUCT_LINEAR, UNIFIED_MARKETS, .amends = 1, .by_socket = 1, .stops = 1, .gains = 1,
     .lists_refused = 1, .long_key = 1},
    {"okx", "spot", BOURSE_PRODUCT_SPOT, SPOT_MARKETS, .amends = 1, .by_socket = 1, .stops = 1, .gains = 1,
     .lists = LIMITED, .conditional = "orders-algo", .lists_refused = 1, .long_key = 1},
    {"okx", "swap", BOURSE_PRODUCT_LINEAR, UNIFIED_MARKETS, .amends = 1, .by_socket = 1, .stops = 1, .gains = 1,
     .lists = LIMITED, .conditional = "orders-algo", .lists_refused = 1, .long_key = 1},
    {"coinbase", "spot", BOURSE_PRODUCT_SPOT, SPOT_MARKETS, .amends = 1, .stops = LIMITED, .all_fills = 1,
     .lists_refused = 1, .asks_fills = 1},
    {"coinbase", "futures", BOURSE_PRODUCT_LINEAR, FUTURES_MARKETS, .amends = 1, .stops = LIMITED, .all_fills = 1,
     .lists_refused = 1, .asks_fills = 1},
    {"kucoin", "spot", BOURSE_PRODUCT_SPOT, SPOT_MARKETS, .amends = 1, .stops = 1, .forgets_conditional = 1,
     .lists_refused = 1},
    {"kucoin", "futures", BOURSE_PRODUCT_LINEAR, FUTURES_MARKETS, .stops = 1, .forgets_conditional = 1,
     .lists_refused = 1, .level_by_level = 1},
    {"kucoin", "unified", BOURSE_PRODUCT_SPOT, SPOT_MARKETS, .key = 1, .account = "unified", .lists_refused = 1,
     .listed_by_market = 1},
    {"kucoin", "unified-futures", BOURSE_PRODUCT_LINEAR, UNIFIED_MARKETS, .key = 1, .account = "unified",
     .lists_refused = 1, .level_by_level = 1},
};
/* clang-format on */
const uint32_t venue_count = sizeof venues / sizeof venues[0];

void world_fail(world *w, const char *format, ...) {
  va_list arguments;
  if (w->failed) return;
  w->failed = 1;
  va_start(arguments, format);
  vsnprintf(w->why, sizeof w->why, format, arguments);
  va_end(arguments);
  if (w->set.trace) printf("FAILED: %s\n", w->why);
}

const sim_account *world_account(const world *w) { return sim_account_at(w->server, w->venue->key); }

/* --- Deaths --- */

static void die(world *w) {
  if (w->dying) return;
  if (w->set.trace) printf("%.3f the host dies\n", (double)(w->now_ns % (100000 * SECOND)) / 1e9);
  w->dying = 1;
  verdict_limits(w); /* the next life knows nothing of what this one used up */
  w->counts_limits = 0;
  network_orphan(w->net);
  disk_crash(w->disk);
}

void world_moment(void *world_) {
  world *w = world_;
  if (!w->healed && w->host != NULL && w->next_crash_ns <= w->now_ns && draw_chance(&w->random, 1, 8)) die(w);
}

static void bury(world *w) {
  host_stop(w->host);
  w->host = NULL;
  if (w->blocks != 0)
    world_fail(w, "%lld blocks of memory (%lld bytes) were not given back", (long long)w->blocks, (long long)w->memory);
  w->restart_ns = w->now_ns + (int64_t)draw_below(&w->random, 20000) * MS;
}

static void raise_host(world *w) {
  w->dying = 0;
  w->life++;
  network_alive(w->net);
  disk_alive(w->disk);
  w->next_crash_ns = w->now_ns + (int64_t)(5 + draw_below(&w->random, 60)) * SECOND;
  w->host = host_start(w);
  if (w->set.trace) printf("%.3f the host starts, life %u\n", (double)(w->now_ns % (100000 * SECOND)) / 1e9, w->life);
  if (w->healed && w->host != NULL) host_quiet(w->host);
}

/* --- Time --- */

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static void step(world *w, int64_t until_ns) {
  int64_t next = least(until_ns, least(network_next_ns(w->net), sim_next_ns(w->server)));
  if (w->host != NULL) next = least(next, host_next_ns(w->host));
  if (w->host == NULL) next = least(next, w->restart_ns);
  if (!w->healed && w->next_skew_ns > 0) next = least(next, w->next_skew_ns);
  if (next <= w->now_ns) next = w->now_ns + MS / 10;
  w->now_ns = next;
  if (!w->healed && w->next_skew_ns > 0 && w->now_ns >= w->next_skew_ns) {
    w->skew_ns = ((int64_t)draw_below(&w->random, 4000) - 2000) * MS;
    w->next_skew_ns = w->now_ns + (int64_t)(10 + draw_below(&w->random, 60)) * SECOND;
  }
  sim_advance(w->server, w->now_ns);
  network_deliver(w->net);
  if (w->host == NULL && w->now_ns >= w->restart_ns) raise_host(w);
  if (w->host != NULL) host_step(w->host);
  network_deliver(w->net);
  if (w->dying && w->host != NULL) bury(w);
}

/* --- Plans --- */

static void plan_faults(world *w) {
  network_faults faults = {0};
  uint32_t *each = (uint32_t *)&faults;
  size_t count = sizeof faults / sizeof *each;
  uint32_t harsh = (uint32_t)draw_below(&w->random, 4); /* 0: a calm run */
  for (size_t i = 0; i < count; i++)
    if (harsh > 0 && draw_chance(&w->random, 1, 2)) each[i] = (uint32_t)draw_below(&w->random, 25 * harsh);
  w->counts_limits = faults.late_request == 0;
  network_faulty(w->net, &faults);
  if (harsh > 0 && draw_chance(&w->random, 1, 4)) disk_faulty(w->disk, (uint32_t)draw_below(&w->random, 60));
  if (harsh == 0 || draw_chance(&w->random, 1, 4)) w->next_crash_ns = INT64_MAX;
  w->next_skew_ns = harsh > 0 && draw_chance(&w->random, 1, 3) ? w->now_ns + SECOND : 0;
}

/* What the exchange does of itself: maintenance, a busy engine, dead tokens and the like, and a clock that is off. */
static const char *const binance_plans[] = {
    "[{\"fault\":\"maintenance\",\"from_ms\":15000,\"to_ms\":25000}]",
    "[{\"fault\":\"skew\",\"skew_ms\":1700,\"to_ms\":60000}]",
    "[{\"fault\":\"skew\",\"skew_ms\":-900,\"from_ms\":20000,\"to_ms\":60000}]",
    "[{\"fault\":\"engine_busy\",\"chance\":0.1,\"to_ms\":60000},{\"fault\":\"server_shutdown\",\"from_ms\":20000,"
    "\"times\":1}]",
    "[{\"fault\":\"unknown_status\",\"chance\":0.2,\"to_ms\":60000}]",
    "[{\"fault\":\"stream_gap\",\"chance\":0.02,\"to_ms\":60000},{\"fault\":\"status_after\",\"status\":504,\"chance\":"
    "0.05,\"to_ms\":60000}]",
};

static const char *const kraken_plans[] = {
    "[{\"fault\":\"maintenance\",\"from_ms\":15000,\"to_ms\":25000}]",
    "[{\"fault\":\"skew\",\"skew_ms\":1700,\"to_ms\":60000}]",
    "[{\"fault\":\"engine_busy\",\"chance\":0.1,\"to_ms\":60000},{\"fault\":\"token_dead\",\"from_ms\":20000,\"times\":"
    "1}]",
    "[{\"fault\":\"stream_gap\",\"chance\":0.02,\"to_ms\":60000}]",
    "[{\"fault\":\"stream_bad_checksum\",\"chance\":0.02,\"to_ms\":60000},{\"fault\":\"status_after\",\"status\":502,"
    "\"chance\":0.05,\"to_ms\":60000}]",
};

static const char *const bybit_plans[] = {
    "[{\"fault\":\"maintenance\",\"from_ms\":15000,\"to_ms\":25000}]",
    "[{\"fault\":\"skew\",\"skew_ms\":900,\"to_ms\":60000}]",
    "[{\"fault\":\"engine_busy\",\"chance\":0.1,\"to_ms\":60000},{\"fault\":\"server_restart\",\"from_ms\":20000,"
    "\"times\":1}]",
    "[{\"fault\":\"unknown_status\",\"chance\":0.2,\"to_ms\":60000},{\"fault\":\"late_query\",\"to_ms\":60000}]",
    "[{\"fault\":\"stream_gap\",\"chance\":0.02,\"to_ms\":60000},{\"fault\":\"book_restart\",\"chance\":0.02,\"to_ms\":"
    "60000}]",
};

static const char *const okx_plans[] = {
    "[{\"fault\":\"maintenance\",\"from_ms\":15000,\"to_ms\":25000}]",
    "[{\"fault\":\"skew\",\"skew_ms\":1700,\"to_ms\":60000}]",
    "[{\"fault\":\"engine_busy\",\"chance\":0.1,\"to_ms\":60000},{\"fault\":\"server_restart\",\"from_ms\":20000,"
    "\"times\":1}]",
    "[{\"fault\":\"unknown_status\",\"chance\":0.2,\"to_ms\":60000},{\"fault\":\"late_query\",\"to_ms\":60000}]",
    "[{\"fault\":\"stream_gap\",\"chance\":0.02,\"to_ms\":60000},{\"fault\":\"seq_restart\",\"chance\":0.02,\"to_ms\":"
    "60000}]",
    "[{\"fault\":\"notice\",\"from_ms\":10000,\"times\":1},{\"fault\":\"server_restart\",\"from_ms\":40000,\"times\":1}"
    "]",
};

/* What Coinbase and KuCoin have. */
static const char *const usual_plans[] = {
    "[{\"fault\":\"maintenance\",\"from_ms\":15000,\"to_ms\":25000}]",
    "[{\"fault\":\"skew\",\"skew_ms\":1700,\"to_ms\":60000}]",
    "[{\"fault\":\"skew\",\"skew_ms\":-900,\"from_ms\":20000,\"to_ms\":60000}]",
    "[{\"fault\":\"engine_busy\",\"chance\":0.1,\"to_ms\":60000}]",
    "[{\"fault\":\"unknown_status\",\"chance\":0.2,\"to_ms\":60000}]",
    ("[{\"fault\":\"stream_gap\",\"chance\":0.02,\"to_ms\":60000},{\"fault\":\"status_after\",\"status\":502,"
     "\"chance\":"
     "0.05,\"to_ms\":60000}]"),
};

#define PLANS(name_, list_) \
  { name_, list_, sizeof list_ / sizeof *list_ }

static const char *plan_of_server(world *w) {
  static const struct {
    const char *exchange;
    const char *const *plans;
    size_t count;
  } all[] = {PLANS("binance", binance_plans), PLANS("kraken", kraken_plans),  PLANS("bybit", bybit_plans),
             PLANS("okx", okx_plans),         PLANS("coinbase", usual_plans), PLANS("kucoin", usual_plans)};
  size_t i = 0;
  while (strcmp(all[i].exchange, w->venue->exchange) != 0) i++;
  if (draw_chance(&w->random, 1, 2)) return NULL;
  return all[i].plans[draw_below(&w->random, all[i].count)];
}

static void heal(world *w) {
  network_heal(w->net);
  disk_faulty(w->disk, 0);
  w->healed = 1;
  w->skew_ns = 0;
  if (w->host != NULL) host_quiet(w->host);
}

/* Until the host says that all is settled. */
static void settle(world *w) {
  int64_t until = w->now_ns + PEACE_NS;
  int64_t calm_ns = (w->venue->asks_fills ? 15 : 3) * SECOND;
  int64_t since = INT64_MAX; /* for a few seconds, so that what is told meanwhile arrives too */
  while (!w->failed && w->now_ns < until) {
    step(w, least(until, w->now_ns - w->now_ns % SECOND + (w->now_ns % SECOND < TOLD_NS ? TOLD_NS : SECOND)));
    int32_t settled =
        w->host != NULL && w->restart_ns <= w->now_ns && !network_is_silent(w->net) && host_is_settled(w->host);
    if (!settled && !w->venue->asks_fills) since = INT64_MAX;
    if (settled && since == INT64_MAX) since = w->now_ns;
    if (settled && w->now_ns - since >= calm_ns && w->now_ns % SECOND >= TOLD_NS) return;
  }
  if (w->failed) return;
  char state[256] = "the host is dead";
  if (w->host != NULL) host_describe(w->host, state, sizeof state);
  world_fail(w, "not settled %lld seconds after the faults ended: %s", (long long)(PEACE_NS / SECOND), state);
}

static uint32_t fills_of(const world *w) {
  return bourse__paper_account(sim_engine(w->server), w->account)->fills.count;
}

/* Asks, and waits for the answer. */
static void ask(world *w, int32_t operation, void (*check)(world *w, const bourse_result *result)) {
  bourse_request request = BOURSE_REQUEST_INIT(operation);
  bourse_event event = BOURSE_EVENT_INIT;
  int64_t until = w->now_ns + 120 * SECOND;
  if (operation == BOURSE_OP_FETCH_BALANCES) request.product = w->venue->product;
  request.timeout_ms = 60000;
  if (bourse_submit(host_exchange(w->host), &request, NULL) != BOURSE_OK) {
    world_fail(w, "%s: %s", bourse_operation_name(operation), bourse_context_error(host_context(w->host))->message);
    return;
  }
  while (!w->failed && w->now_ns < until) {
    w->now_ns += 5 * MS;
    sim_advance(w->server, w->now_ns);
    network_deliver(w->net);
    bourse_run(host_context(w->host), 0);
    while (bourse_next(host_context(w->host), &event) > 0) {
      int32_t is_it = event.kind == BOURSE_EVENT_RESULT && bourse_result_operation(event.result) == operation;
      if (is_it && bourse_result_code(event.result) != BOURSE_OK)
        world_fail(w, "%s: %s", bourse_operation_name(operation), bourse_result_error(event.result)->message);
      else if (is_it)
        check(w, event.result);
      bourse_result_free(event.result);
      if (is_it) return;
    }
  }
  if (!w->failed) world_fail(w, "%s was never answered", bourse_operation_name(operation));
}

void world_run(const settings *set, world_report *report) {
  world *w = calloc(1, sizeof *w);
  char text[256];
  if (w == NULL) abort();
  memset(report, 0, sizeof *report);
  w->set = *set;
  w->random.state = set->seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
  w->venue = &venues[set->only > 0 ? (uint64_t)set->only - 1 : draw_below(&w->random, venue_count)];
  w->now_ns = START_NS;
  sim_options options = {.exchange = w->venue->exchange, .seed = draw(&w->random), .now_ns = w->now_ns};
  options.faults = plan_of_server(w);
  /* Bybit repeats the key in its refusals: it must be long enough to be told from other words. */
  static const sim_key long_key = {"main", "simulated-key", "simulated-secret", "simulated-phrase", 0, 1};
  if (w->venue->long_key) options.keys = &long_key;
  if (w->venue->long_key) options.key_count = 1;
  if (sim_new(&w->server, &options, text, sizeof text) != BOURSE_OK) {
    snprintf(report->why, sizeof report->why, "no simulator: %s", text);
    free(w);
    return;
  }
  w->account = world_account(w)->account;
  w->net = network_new(w->server, draw(&w->random), &w->now_ns, &w->skew_ns);
  w->disk = disk_new(draw(&w->random));
  network_trace(w->net, set->trace);
  network_on_send(w->net, world_moment, w);
  disk_on_put(w->disk, world_moment, w);
  verdict_observe(w);
  plan_faults(w);
  int64_t crash = w->next_crash_ns;
  raise_host(w);
  if (crash == INT64_MAX) w->next_crash_ns = INT64_MAX;
  int64_t end = w->now_ns + set->length_ns;
  while (!w->failed && w->now_ns < end) step(w, end);
  heal(w);
  if (!w->failed) settle(w);
  if (!w->failed) ask(w, BOURSE_OP_FETCH_JOURNAL, verdict_orders);
  if (!w->failed) verdict_end(w);
  /* An order that fills while the answer is on its way makes it old. */
  for (uint32_t fills = fills_of(w) + 1; !w->failed && fills != fills_of(w);) {
    fills = fills_of(w);
    w->balances_wrong[0] = '\0';
    ask(w, BOURSE_OP_FETCH_BALANCES, verdict_balances);
  }
  if (!w->failed && w->balances_wrong[0] != '\0')
    world_fail(w, "the balance of %s differs from the exchange's", w->balances_wrong);
  host_stop(w->host);
  w->host = NULL;
  if (w->blocks != 0) world_fail(w, "%lld blocks of memory were not given back at the end", (long long)w->blocks);
  snprintf(report->why, sizeof report->why, "%s", w->why);
  report->orders = w->orders;
  report->unknowns = w->unknowns;
  report->resolved = w->resolved;
  report->fills = w->fill_count;
  report->reads = w->reads;
  report->crashes = w->life - 1;
  report->faults = network_count(w->net)->faults;
  report->seconds = (w->now_ns - START_NS) / SECOND;
  network_free(w->net);
  disk_free(w->disk);
  sim_free(w->server);
  verdict_free(w);
  free(w);
}
