/* oracle.h - replaying the cases of a request oracle: what one call sends, compared with what another client sends. */
#ifndef ORACLE_ORACLE_H
#define ORACLE_ORACLE_H

#include <bourse.h>

#include "support/json.h"
#include "support/query.h"
#include "support/world.h"

/* An exchange as the oracle names it, and how it is opened here. */
typedef struct oracle_exchange {
  const char *id;      /* in the cases */
  const char *name;    /* of the adapter */
  int32_t product;     /* default of the handle */
  const char *markets; /* file of the markets folder, without .json */
  int contracts;       /* amounts of all futures are contracts (elsewhere only those of inverse ones) */
  int either_place;    /* parameters may be in the query or in a form body */
  int one_list;        /* conditional orders are in the lists of all others */
} oracle_exchange;

const oracle_exchange *oracle_exchange_of(const char *id);

/* One case turned into a call. */
typedef struct oracle_call {
  pool *memory;
  const oracle_exchange *exchange;
  const json *row;
  bourse_exchange *handle;
  bourse_request request;
  const char *error; /* NULL, or why the case cannot be expressed */
} oracle_call;

void oracle_map(oracle_call *call);

/* A request of either side. */
typedef struct oracle_message {
  const char *method, *scheme, *host, *path;
  const char *query; /* as sent, "" when none */
  const char *body;  /* as sent, "" when none */
  uint32_t header_count;
  const char **header_names;
  const char **header_values;
} oracle_message;

void message_of_case(pool *p, oracle_message *out, const json *expected);
void message_of_ours(pool *p, oracle_message *out, const world_request *request);
const char *message_header(const oracle_message *message, const char *name);
/* Where a compared value differs. */
typedef struct difference {
  struct difference *next;
  const char *path;
  const char *expected; /* NULL: not there */
  const char *ours;     /* NULL: not there */
  const char *noted;    /* reason, when a rule allows it */
} difference;

/* Differences of our request from the expected one; the signature is left out. */
difference *compare_messages(pool *p, const oracle_exchange *exchange, const json *expected,
                             const oracle_message *theirs, const oracle_message *ours);
/* Marks the differences in which the exchange's documentation is on our side. target: path, a question mark, and query. */
void apply_rules(const oracle_exchange *exchange, const char *method, const char *path, const char *target,
                 difference *list);
/* Why a request of theirs is not made; NULL: it is to be made. */
const char *reason_unsent(const oracle_exchange *exchange, const oracle_message *message);

/* Recomputes the signature of a message that is signed as `signature` of the case says; NULL, or what is wrong with it.
 * *value is the signature found. */
const char *check_signature(pool *p, const oracle_exchange *exchange, const json *credentials, const json *signature,
                            const oracle_message *message, const char **value);
/* Claims of a JWT in the Authorization header: { "header": ..., "payload": ... }; NULL when there is none. */
json *jwt_claims(pool *p, const oracle_message *message);
/* Query and body as sent, without the parameter "signature". */
const char *signed_part(pool *p, const oracle_message *message);

#endif
