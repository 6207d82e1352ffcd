/* sim/records.h - what a dialect remembers of orders beside the engine: the ids that clients gave, in full; orders that were
 * accepted and ended at once, and so are not with the engine; and words of its own behind that. */
#ifndef SIM_RECORDS_H
#define SIM_RECORDS_H

#include "sim.h"

#define SIM_CLIENT_ID_SIZE 132

/* The first member of a dialect's own. */
typedef struct sim_record {
  struct sim_record *next_id, *next_client; /* of their buckets */
  uint64_t id;                              /* 0: being placed */
  uint32_t account, market;
  char client_id[SIM_CLIENT_ID_SIZE]; /* "": none */
  paper_order *ghost;                 /* what the engine never had; NULL: it has it */
  const char *reason;                 /* why it ended, where the engine does not know; static */
} sim_record;

#define SIM_RECORD_BUCKETS 4096

typedef struct sim_records {
  size_t size;        /* of a dialect's own */
  sim_record **items; /* in the order they came to be */
  uint32_t count, capacity;
  sim_record *placing; /* gets its number with the first event; NULL: none is */
  sim_record *by_id[SIM_RECORD_BUCKETS], *by_client[SIM_RECORD_BUCKETS];
} sim_records;

void sim_records_open(sim_records *records, size_t size);
void sim_records_free(sim_records *records);

void *sim_record_new(sim_records *records, uint32_t account, uint32_t market);
void sim_record_name(sim_records *records, sim_record *record, const char *client_id); /* once */
void sim_record_bind(sim_records *records, sim_record *record, uint64_t id);
void sim_record_drop(sim_records *records, sim_record *record); /* the newest, never bound */
void *sim_record_of(const sim_records *records, uint64_t id);   /* NULL: not known */
/* Of an order that an event is about: the one being placed, or one that came to be by itself (a leg, a close). */
void *sim_record_for(sim *s, sim_records *records, uint64_t id, uint32_t account, uint32_t market);
/* The order itself, with the engine or a ghost; NULL: forgotten. */
paper_order *sim_record_order(sim *s, const sim_record *record);
/* The open one of that client id, or else the newest; of one market where `market` is not negative. NULL: none. */
void *sim_record_named(sim *s, const sim_records *records, uint32_t account, const char *client_id, int32_t market);
/* Submits what the record is about. Where the engine refuses for a reason that the exchange takes as an order which ends at
 * once, `ends_at_once` says so (its word for why; NULL: it is a refusal), and the record gets a ghost. */
int32_t sim_record_submit(sim *s, sim_records *records, sim_record *record, const bourse_order_request *request,
                          const char *(*ends_at_once)(int32_t reason));
/* The client id as the engine can keep it, which has less room than some exchanges give; prefix "f:" where futures do not know
 * the ids of spot. The other: as the client gave it, where there was room. */
const char *sim_engine_client_id(char out[PAPER_CLIENT_ID_SIZE], const char *prefix, const char *client_id);
const char *sim_client_id(const paper_order *order);

#endif
