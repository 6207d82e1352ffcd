/* api/journal.h - the journal of an account's orders: entries in memory as long as something may become of them, and all of
 * them in the store when the context has one. */
#ifndef API_JOURNAL_H
#define API_JOURNAL_H

#include <bourse/journal.h>

#include "api/api.h"

typedef struct bourse__entry bourse__entry;

#define BOURSE__ABSENT  1
#define BOURSE__REFUSED 2

struct bourse__entry {
  bourse_journal_entry seen; /* first; its strings and its order are in the arena */
  bourse__journal *journal;
  bourse_arena *arena;
  bourse__entry *older;
  bourse__entry *newer;
  bourse__entry *next_by_client;
  bourse__entry *next_by_id;
  int32_t holders;     /* operations under way that are about it: it is not freed */
  int32_t sent;        /* its bytes may have left */
  int32_t asked;       /* it is in the request under way */
  int32_t absent;      /* FINAL because it was proven not to be there (BOURSE__ABSENT) or refused (BOURSE__REFUSED): evidence
                          that it is there counts all the same */
  int32_t dead;        /* freed when nobody holds it */
  int32_t unwritten;   /* the store has not taken what is known */
  int32_t in_hand;     /* an operation that replaces it is under way */
  uint32_t tries;      /* of the automatic resolver */
  int64_t made_ns;     /* monotonic; 0: another life made it */
  int64_t next_try_ns; /* monotonic */
  int64_t doubt_ns;    /* a cancel or an edit was given up then: exchange time; 0: no doubt */
};

#define BOURSE__JOURNAL_SYMBOLS     64
#define BOURSE__JOURNAL_SYMBOL_SIZE 48
#define BOURSE__SWEPT_STEPS         6
#define BOURSE__SWEPT_KEPT          4 /* of each step: markets whose lists are remembered */

/* A list that was asked for to find an order, and that all there is in it was learned from: it answers for others too. */
typedef struct bourse__swept {
  int64_t asked_ns; /* at the exchange; 0: it was not */
  int64_t monotonic_ns;
  int64_t since_ns;
  int32_t product;
  int32_t margin_mode;
  int32_t trigger;
  int32_t reserved;
  char symbol[BOURSE__JOURNAL_SYMBOL_SIZE]; /* "": of all markets */
} bourse__swept;

/* One for each account of a context. */
struct bourse__journal {
  bourse__journal *next;
  bourse_context *context;
  const bourse_adapter *adapter;
  int32_t environment;
  char account[20];
  char prefix[128]; /* of its keys, without "order/" or "act/" in front */
  bourse__entry *oldest;
  bourse__entry *newest;
  bourse__entry **by_client;
  bourse__entry **by_id;
  char symbols[BOURSE__JOURNAL_SYMBOLS][BOURSE__JOURNAL_SYMBOL_SIZE]; /* of all entries there were: where fills may be */
  bourse__swept swept[BOURSE__SWEPT_STEPS][BOURSE__SWEPT_KEPT]; /* by what was asked for: resolve.c */
  uint32_t swept_next[BOURSE__SWEPT_STEPS];
  uint32_t symbol_count;
  uint32_t slot_mask;
  uint32_t count;
  uint32_t final_count; /* of those in memory */
  uint32_t unwritten;   /* entries that the store has yet to take */
  int64_t keep_ns;
  int64_t swept_ns; /* monotonic */
  uint64_t nonce_reserved;
  uint64_t nonce_used; /* the last one */
  bourse_arena *scratch; /* for writing; emptied each time */
};

/* --- journal.c --- */

/* Finds or makes the journal of a handle's account, and loads what the store has. */
int32_t bourse__journal_open(bourse_exchange *exchange, bourse__failure *failure);
void bourse__journals_free(bourse_context *context);
bourse__entry *bourse__journal_find(const bourse__journal *journal, const char *client_id);
bourse__entry *bourse__journal_find_id(const bourse__journal *journal, const char *order_id, const char *symbol);
/* A new entry, not yet written; NULL: memory is out. Replaces one of the same client order id. */
bourse__entry *bourse__journal_add(bourse__journal *journal, const bourse_journal_entry *seen);
/* Tries once more to write what the store did not take. */
void bourse__journal_catch_up(bourse__journal *journal);
/* Writes an entry to the store. */
int32_t bourse__journal_write(bourse__entry *entry, int32_t durable);
/* Makes *next what is known, keeping copies. 0: memory is out, and nothing has changed. */
int32_t bourse__entry_set(bourse__entry *entry, const bourse_journal_entry *next);
/* Something of it was changed in place: written, told to whoever waits, forgotten when it is over. `was`: its state before. */
void bourse__entry_changed(bourse_exchange *exchange, bourse__entry *entry, int32_t was);
void bourse__entry_hold(bourse__entry *entry);
void bourse__entry_release(bourse__entry *entry);
/* Proven not to be there. */
void bourse__entry_absent(bourse_exchange *exchange, bourse__entry *entry);
/* What any reply or message tells of an order or a fill. */
void bourse__journal_learn(bourse_exchange *exchange, const bourse_order *order);
void bourse__journal_learn_fill(bourse_exchange *exchange, const bourse_fill *fill);
/* An order of the account as the journal should have it, made known by other means (an edit that made another order). */
void bourse__journal_adopt(bourse_exchange *exchange, const bourse_order *order, const bourse__entry *replaced);
/* Entries of the store, whatever their state, as records in `result`; client_id NULL: all. */
int32_t bourse__journal_list(bourse__running *running, const char *client_id);
/* At least this nonce is free; reserves a block of them in the store. 0: the store failed. */
uint64_t bourse__journal_nonce(bourse_exchange *exchange, uint64_t wanted);
/* 1 when the order will not change any more. */
int32_t bourse__order_is_final(const bourse_order *order);
/* A conditional order that has fired is asked for as the order it became; whether that was not answered yet. */
int32_t bourse__entry_has_fired(const bourse__entry *entry);
int32_t bourse__entry_just_fired(const bourse__entry *entry);
/* 1 when a report is older than what is known. */
int32_t bourse__order_is_older(const bourse_order *order, const bourse_order *before);
/* Completes an order by what was known before, but not by what would contradict it. */
void bourse__order_complete(bourse_order *order, const bourse_order *before);

/* --- intents.c: what an operation under way does to the journal --- */

/* The order that an edit makes gets a client order id, so that it can be asked for. */
int32_t bourse__name_replacement(bourse__running *running);
/* Before the first byte of a request that changes something may leave. */
int32_t bourse__journal_begin(bourse__running *running);
/* That request did not leave after all. */
void bourse__journal_unsent(bourse__running *running);
/* The operation is over: outcome BOURSE_OUTCOME_*; its records are still there. */
void bourse__journal_end(bourse__running *running, int32_t code, int32_t outcome);

/* --- replace.c: edits where an order cannot be changed --- */

int32_t bourse__replaces(const bourse__running *running);
void bourse__replace_advance(bourse__running *running);
void bourse__replace_leave(bourse__running *running);
void bourse__replace_forget(bourse__running *part);
/* Something became known of an order that was to be replaced by an operation which is over, or of one in the place of such. */
void bourse__replacing_look(bourse_exchange *exchange, bourse__entry *entry);
/* The same for all that the store had when the handle was opened. */
void bourse__replacing_loaded(bourse_exchange *exchange);
/* An event: `old` was canceled to be replaced, and the new order was refused, or its fate is unknown. */
void bourse__tell_unreplaced(bourse_exchange *exchange, const bourse_order *old, const bourse__failure *why,
                             int32_t outcome);

/* --- resolve.c --- */

/* An entry has become unknown, or a handle was opened: the library asks by itself, where it may. */
void bourse__resolver_wake(bourse_exchange *exchange);
void bourse__resolver_stop(bourse_exchange *exchange);
/* The operation whose support one made out of others stands or falls with; 0: it is none of those. */
int32_t bourse__composed_needs(int32_t operation);
/* Starts, or goes on with, an operation that is made out of others. */
void bourse__composed_advance(bourse__running *running);
/* Its time is over. */
void bourse__composed_late(bourse__running *running);
/* An operation started here goes without an answer. */
void bourse__composed_forget(bourse__running *child);
/* Gives up the operation it waits for. */
void bourse__composed_leave(bourse__running *running);
/* Something became known of an entry. */
void bourse__composed_poke(bourse_exchange *exchange, const bourse__entry *entry);

#endif
