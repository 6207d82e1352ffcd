/* exchange/kraken/limits.c - what orders take from the matching engine's counter. It is one for each market, and what a
 * change or a cancel takes depends on how old the order is: young ones cost most, old ones nothing. */
#include <string.h>

#include "exchange/kraken/kraken.h"

/* Bits of the id are enough: a false match costs a little waiting. */
static uint64_t hash_of(const char *id) {
  uint64_t hash = UINT64_C(1469598103934665603);
  for (; *id != '\0'; id++) hash = (hash ^ (unsigned char)*id) * UINT64_C(1099511628211);
  return hash | 1;
}

void bourse__kraken_remember(bourse_call *call, const char *id) {
  bourse__kraken_state *state = call->state;
  if (id == NULL) return;
  state->recent[state->recent_next].hash = hash_of(id);
  state->recent[state->recent_next].time_ns = call->now_ns;
  state->recent_next = (state->recent_next + 1) % KRAKEN_RECENT;
}

/* Age of an order in seconds; one that was not placed through this handle lately counts as old. */
static int64_t age_of(const bourse_call *call, const char *id, const char *client_id) {
  const bourse__kraken_state *state = call->state;
  uint64_t a = id == NULL ? 0 : hash_of(id), b = client_id == NULL ? 0 : hash_of(client_id);
  for (uint32_t i = 0; i < KRAKEN_RECENT; i++) {
    uint64_t hash = state->recent[i].hash;
    if (hash != 0 && (hash == a || hash == b)) return (call->now_ns - state->recent[i].time_ns) / KRAKEN_SECOND;
  }
  return INT64_MAX;
}

typedef struct penalty {
  int64_t below; /* seconds */
  uint32_t weight;
} penalty;

static const penalty amending[] = {{5, 3}, {10, 2}, {15, 1}};
static const penalty canceling[] = {{5, 8}, {10, 6}, {15, 5}, {45, 4}, {90, 2}, {300, 1}};

static uint32_t penalty_of(const penalty *list, size_t count, int64_t age) {
  for (size_t i = 0; i < count; i++)
    if (age < list[i].below) return list[i].weight;
  return 0;
}

/* The engine's counter is the endpoint's only budget. */
static void weigh(bourse_call *call, const bourse_market *market, uint32_t weight) {
  static const uint16_t buckets[] = {KRAKEN_ENGINE, KRAKEN_ENGINE_INTERMEDIATE, KRAKEN_ENGINE_PRO};
  const bourse__kraken_state *state = call->state;
  call->wire.market = market;
  call->wire.costs[0].bucket = buckets[state->tier];
  call->wire.costs[0].weight = (uint16_t)(call->wire.costs[0].weight + weight);
}

void bourse__kraken_weigh_orders(bourse_call *call, const bourse_market *market, uint32_t weight) {
  weigh(call, market, weight);
}

void bourse__kraken_weigh_amendment(bourse_call *call, const char *id, const char *client_id) {
  weigh(call, call->market, 1 + penalty_of(amending, 3, age_of(call, id, client_id)));
}

void bourse__kraken_weigh_cancel(bourse_call *call, const char *id, const char *client_id) {
  weigh(call, call->market, penalty_of(canceling, 6, age_of(call, id, client_id)));
}
