/* sim/kraken_records.c - what the dialect remembers of orders beside the engine: client ids in full, words as asked, orders
 * that were accepted and ended at once; and public trades. */
#include "kraken.h"

/* --- Records --- */

kraken_record *kraken_record_new(sim *s, uint32_t account, uint32_t market) {
  kraken_state *state = kraken_of(s);
  if (state->record_count == state->record_capacity) {
    state->record_capacity = state->record_capacity == 0 ? 64 : state->record_capacity * 2;
    kraken_record **grown = realloc(state->records, state->record_capacity * sizeof *grown);
    if (grown == NULL) abort();
    state->records = grown;
  }
  kraken_record *record = calloc(1, sizeof *record);
  if (record == NULL) abort();
  record->account = account;
  record->owner = kraken_owner(s, account);
  record->market = market;
  record->type = "limit";
  state->records[state->record_count++] = record;
  return record;
}

static kraken_record **bucket(kraken_state *state, uint64_t id) {
  return &state->buckets[(id ^ id >> 12) & (KRAKEN_BUCKETS - 1)];
}

kraken_record *kraken_record_of(sim *s, uint64_t id) {
  kraken_record *record = id == 0 ? NULL : *bucket(kraken_of(s), id);
  while (record != NULL && record->id != id) record = record->next;
  return record;
}

void kraken_record_bind(sim *s, kraken_record *record, uint64_t id) {
  kraken_record **head = bucket(kraken_of(s), id);
  record->id = id;
  record->next = *head;
  *head = record;
}

void kraken_record_drop(sim *s, kraken_record *record) {
  kraken_state *state = kraken_of(s);
  if (state->record_count > 0 && state->records[state->record_count - 1] == record) state->record_count--;
  free(record);
}

paper_order *kraken_order(sim *s, const kraken_record *record) {
  if (record->ghost != NULL) return record->ghost;
  return record->id == 0 ? NULL : bourse__paper_find(sim_engine(s), record->account, record->id, NULL);
}

/* Open ones first: ids of spot come back into use; otherwise the newest. */
kraken_record *kraken_by_client(sim *s, uint32_t account, const char *client_id, int32_t futures) {
  kraken_state *state = kraken_of(s);
  kraken_record *newest = NULL;
  for (uint32_t i = state->record_count; client_id != NULL && client_id[0] != '\0' && i-- > 0;) {
    kraken_record *record = state->records[i];
    if (record->owner != account || kraken_is_futures(record->market) != futures ||
        strcmp(record->client_id, client_id) != 0)
      continue;
    const paper_order *order = kraken_order(s, record);
    if (order != NULL && bourse__paper_is_open(order)) return record;
    if (order != NULL && newest == NULL) newest = record;
  }
  return newest;
}

const char *kraken_base_id(const kraken_record *record, char out[KRAKEN_ID_SIZE]) {
  return kraken_is_futures(record->market) ? sim_uuid(out, record->id) : kraken_txid(out, 'O', record->id);
}

/* --- Ending orders --- */

int32_t kraken_cancel(sim *s, paper_order *order, const char *why) {
  kraken_state *state = kraken_of(s);
  state->ending = why;
  int32_t code = sim_cancel(s, order);
  state->ending = NULL;
  return code;
}

/* market: negative: all. How many were ended. */
uint32_t kraken_cancel_all(sim *s, uint32_t account, int32_t futures, int32_t market, const char *why) {
  kraken_state *state = kraken_of(s);
  uint32_t count = 0;
  for (uint32_t i = 0; i < state->record_count; i++) {
    kraken_record *record = state->records[i];
    if (record->owner != account || kraken_is_futures(record->market) != futures ||
        (market >= 0 && record->market != (uint32_t)market))
      continue;
    paper_order *order = kraken_order(s, record);
    if (order == NULL || !bourse__paper_is_open(order) || order->status == BOURSE_ORDER_PENDING) continue;
    if (kraken_cancel(s, order, why) == BOURSE_OK) count++;
  }
  return count;
}

/* --- Public trades --- */

const kraken_trade *kraken_trade_at(sim *s, uint32_t market, uint32_t index) {
  const kraken_trades *trades = &kraken_of(s)->trades[market];
  if (index >= trades->count) return NULL;
  return &trades->items[(trades->first + trades->count - 1 - index) % KRAKEN_TRADES];
}

/* The feed's trades before the simulation began are numbered by when they were; those of the engine have higher numbers. */
int32_t kraken_past_trade(sim *s, kraken_trade *out, uint32_t market, int64_t slot) {
  paper_trade trade;
  int64_t second = slot * PAPER_TRADE_SECONDS;
  if (second * KRAKEN_SECOND < bourse__feed_begin(sim_feed(s)) || second >= kraken_of(s)->start_second ||
      !bourse__feed_trade(&trade, sim_feed(s), market, second))
    return 0;
  *out = (kraken_trade){(uint64_t)slot, trade.time_ns, trade.price, trade.amount, trade.side};
  return 1;
}

uint64_t kraken_trade_number(sim *s, uint64_t engine_id) {
  (void)s;
  return engine_id;
}
