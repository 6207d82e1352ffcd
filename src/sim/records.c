/* sim/records.c - see records.h. */
#include "records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"

#define GHOST (UINT64_C(1) << 48) /* numbers of orders that ended before the engine had them */

void sim_records_open(sim_records *records, size_t size) {
  memset(records, 0, sizeof *records);
  records->size = size;
}

void sim_records_free(sim_records *records) {
  for (uint32_t i = 0; i < records->count; i++) {
    free(records->items[i]->ghost);
    free(records->items[i]);
  }
  free(records->items);
  memset(records, 0, sizeof *records);
}

/* --- Buckets --- */

static uint32_t id_bucket(uint64_t id) { return (uint32_t)(id ^ id >> 12) & (SIM_RECORD_BUCKETS - 1); }

static uint32_t client_bucket(uint32_t account, const char *client_id) {
  uint32_t hash = UINT32_C(2166136261) ^ account;
  for (; *client_id != '\0'; client_id++) hash = (hash ^ (uint8_t)*client_id) * UINT32_C(16777619);
  return (hash ^ hash >> 13) & (SIM_RECORD_BUCKETS - 1);
}

void *sim_record_new(sim_records *records, uint32_t account, uint32_t market) {
  if (records->count == records->capacity) {
    records->capacity = records->capacity == 0 ? 64 : records->capacity * 2;
    records->items = sim_grow(records->items, records->capacity * sizeof(sim_record *));
  }
  sim_record *record = sim_alloc(records->size);
  record->account = account;
  record->market = market;
  records->items[records->count++] = record;
  return record;
}

void sim_record_name(sim_records *records, sim_record *record, const char *client_id) {
  (void)snprintf(record->client_id, sizeof record->client_id, "%s", client_id);
  if (client_id[0] == '\0') return;
  sim_record **head = &records->by_client[client_bucket(record->account, record->client_id)];
  record->next_client = *head;
  *head = record;
}

void sim_record_bind(sim_records *records, sim_record *record, uint64_t id) {
  sim_record **head = &records->by_id[id_bucket(id)];
  record->id = id;
  record->next_id = *head;
  *head = record;
}

void sim_record_drop(sim_records *records, sim_record *record) {
  if (records->count > 0 && records->items[records->count - 1] == record) records->count--;
  if (record->client_id[0] != '\0') { /* the newest is the head of its bucket */
    sim_record **head = &records->by_client[client_bucket(record->account, record->client_id)];
    if (*head == record) *head = record->next_client;
  }
  free(record);
}

/* --- Finding --- */

void *sim_record_of(const sim_records *records, uint64_t id) {
  sim_record *record = id == 0 ? NULL : records->by_id[id_bucket(id)];
  while (record != NULL && record->id != id) record = record->next_id;
  return record;
}

void *sim_record_for(sim *s, sim_records *records, uint64_t id, uint32_t account, uint32_t market) {
  sim_record *record = sim_record_of(records, id);
  if (record != NULL) return record;
  const paper_order *order = bourse__paper_find(sim_engine(s), account, id, NULL);
  int32_t leg = order != NULL && order->list != NULL && order->leg > 0;
  sim_record *placing = records->placing;
  if (leg || placing == NULL || placing->id != 0 || placing->account != account || placing->market != market)
    placing = sim_record_new(records, account, market);
  sim_record_bind(records, placing, id);
  return placing;
}

paper_order *sim_record_order(sim *s, const sim_record *record) {
  if (record->ghost != NULL) return record->ghost;
  return record->id == 0 ? NULL : bourse__paper_find(sim_engine(s), record->account, record->id, NULL);
}

void *sim_record_named(sim *s, const sim_records *records, uint32_t account, const char *client_id, int32_t market) {
  sim_record *newest = NULL;
  if (client_id == NULL || client_id[0] == '\0') return NULL;
  for (sim_record *r = records->by_client[client_bucket(account, client_id)]; r != NULL; r = r->next_client) {
    if (r->account != account || strcmp(r->client_id, client_id) != 0 || (market >= 0 && r->market != (uint32_t)market))
      continue;
    const paper_order *order = sim_record_order(s, r);
    if (order != NULL && bourse__paper_is_open(order)) return r;
    if (order != NULL && newest == NULL) newest = r;
  }
  return newest;
}

/* --- Placing --- */

static void make_ghost(sim *s, sim_records *records, sim_record *record, const bourse_order_request *request,
                       int32_t reason) {
  const paper_market *market = bourse__paper_market(sim_engine(s), record->market);
  paper_order *ghost = sim_alloc(sizeof *ghost);
  ghost->id = GHOST | sim_next_number(s);
  ghost->account = record->account;
  ghost->market = record->market;
  ghost->status = BOURSE_ORDER_CANCELED;
  ghost->reason = reason;
  ghost->side = request->side;
  ghost->type = request->type;
  ghost->time_in_force = request->time_in_force;
  ghost->post_only = request->post_only > 0;
  ghost->reduce_only = request->reduce_only > 0;
  (void)bourse__paper_units(&ghost->price, &request->price, market->price_scale);
  (void)bourse__paper_units(&ghost->amount, &request->amount, market->amount_scale);
  (void)bourse__paper_to_money(&ghost->cost_asked, &request->cost);
  ghost->fee_currency = market->linear ? market->settle : market->quote;
  ghost->created_ns = ghost->updated_ns = sim_now_ns(s);
  record->ghost = ghost;
  sim_record_bind(records, record, ghost->id);
}

int32_t sim_record_submit(sim *s, sim_records *records, sim_record *record, const bourse_order_request *request,
                          const char *(*ends_at_once)(int32_t reason)) {
  paper_order *order = NULL;
  records->placing = record;
  int32_t code = sim_submit(s, &order, record->account, record->market, request);
  records->placing = NULL;
  if (code == BOURSE_OK) {
    if (order != NULL && record->id == 0) sim_record_bind(records, record, order->id);
    return BOURSE_OK;
  }
  int32_t reason = bourse__paper_error(sim_engine(s))->reason;
  if (request->test > 0 || ends_at_once == NULL || ends_at_once(reason) == NULL) return code;
  record->reason = ends_at_once(reason);
  make_ghost(s, records, record, request, reason);
  return BOURSE_OK;
}

const char *sim_engine_client_id(char out[PAPER_CLIENT_ID_SIZE], const char *prefix, const char *client_id) {
  uint8_t digest[32];
  size_t first = strlen(prefix), length = strlen(client_id);
  out[0] = '\0';
  if (length == 0) return out;
  if (first + length < PAPER_CLIENT_ID_SIZE) {
    memcpy(out, prefix, first);
    memcpy(out + first, client_id, length + 1);
    return out;
  }
  (void)sim_sha256(digest, client_id, strlen(client_id));
  for (size_t i = 0; i < sizeof digest; i++) (void)snprintf(out + 2 * i, 3, "%02x", digest[i]);
  return out;
}

const char *sim_client_id(const paper_order *order) {
  return strncmp(order->client_id, "f:", 2) == 0 ? order->client_id + 2 : order->client_id;
}
