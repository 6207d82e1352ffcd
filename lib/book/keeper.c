/* book/keeper.c - first version */
#include <bourse/error.h>
#include <string.h>
#include "book/keeper.h"
#include "book/checksum.h"
#include "core/arena.h"
typedef struct held { bourse_book_update u; } held;
struct bourse__keeper { bourse_allocator a; bourse__keeper_options o; bourse__book *book; int32_t state, wants; int64_t seq, time; held *held; uint32_t n, cap; bourse_arena *arena; int32_t joined; };
int32_t bourse__keeper_new(bourse__keeper **out, const bourse_allocator *a, const bourse__keeper_options *o) {
  bourse__keeper *k = bourse__alloc(a, sizeof *k); *out = k; if (!k) return BOURSE_ERROR_MEMORY;
  k->a = *a; k->o = *o; k->state = BOURSE__BOOK_SYNCING; k->seq = BOURSE_NO_SEQUENCE; if (!k->o.held_max) k->o.held_max = 1000;
  k->arena = bourse__arena_new(a, 65536);
  if (!k->arena || bourse__book_new(&k->book, a, o->depth) != BOURSE_OK) { bourse__keeper_free(k); *out = NULL; return BOURSE_ERROR_MEMORY; }
  return BOURSE_OK; }
void bourse__keeper_free(bourse__keeper *k) { if (!k) return; bourse_allocator a = k->a; bourse__book_free(k->book); bourse__arena_free(k->arena); bourse__release(&a, k->held); bourse__release(&a, k); }
static int32_t gap_(bourse__keeper *k, bourse__gap *g, int32_t kind, int64_t e, int64_t f) { g->kind = kind; g->expected = e; g->found = f; k->state = BOURSE__BOOK_STALE; k->n = 0; bourse__arena_reset(k->arena); k->wants = 0; bourse__book_clear(k->book); k->seq = BOURSE_NO_SEQUENCE; return BOURSE__KEEPER_GAP; }
static int32_t apply(bourse__keeper *k, const bourse_book_update *u, bourse__gap *g) {
  if (u->snapshot > 0) bourse__book_clear(k->book);
  int32_t c = bourse__book_set(k->book, BOURSE__BIDS, u->bids, u->bid_count);
  if (c == BOURSE_OK) c = bourse__book_set(k->book, BOURSE__ASKS, u->asks, u->ask_count);
  if (c == BOURSE_ERROR_MEMORY) { gap_(k, g, BOURSE__GAP_OVERFLOW, 0, 0); return c; }
  if (c != BOURSE_OK) return gap_(k, g, BOURSE__GAP_MALFORMED, 0, 0);
  bourse__book_cut(k->book);
  if (u->has_checksum > 0) { uint32_t f = bourse__book_checksum(k->book, k->o.price_decimals, k->o.amount_decimals); if (f != u->checksum) { g->checksum_expected = u->checksum; g->checksum_found = f; return gap_(k, g, BOURSE__GAP_CHECKSUM, 0, 0); } }
  if (bourse__book_is_crossed(k->book)) return gap_(k, g, BOURSE__GAP_CROSSED, 0, 0);
  if (u->last != BOURSE_NO_SEQUENCE) k->seq = u->last;
  k->time = u->time_ns; k->state = BOURSE__BOOK_LIVE; return BOURSE__KEEPER_APPLIED; }
static int32_t prove(bourse__keeper *k, const bourse_book_update *u, bourse__gap *g) {
  switch (k->o.proof) {
    case BOURSE_PROOF_RANGE: if (u->last <= k->seq) return BOURSE__KEEPER_IGNORED; if (k->joined ? u->first != k->seq + 1 : u->first > k->seq + 1) return gap_(k, g, BOURSE__GAP_SEQUENCE, k->seq + 1, u->first); break;
    case BOURSE_PROOF_PREVIOUS: if (!k->joined) { if (u->last < k->seq) return BOURSE__KEEPER_IGNORED; if (!(u->first <= k->seq && k->seq <= u->last) && u->previous != k->seq) return gap_(k, g, BOURSE__GAP_SEQUENCE, k->seq, u->previous); } else { if (u->last <= k->seq) return BOURSE__KEEPER_IGNORED; if (u->previous != k->seq) return gap_(k, g, BOURSE__GAP_SEQUENCE, k->seq, u->previous); } break;
    case BOURSE_PROOF_NEXT: if (u->last <= k->seq) return BOURSE__KEEPER_IGNORED; if (u->last != k->seq + 1) return gap_(k, g, BOURSE__GAP_SEQUENCE, k->seq + 1, u->last); break;
    default: break; }
  int32_t c = apply(k, u, g); k->joined = 1; return c; }
static int32_t hold(bourse__keeper *k, const bourse_book_update *u, bourse__gap *g) {
  if (k->n >= k->o.held_max) return gap_(k, g, BOURSE__GAP_OVERFLOW, 0, 0);
  if (k->n == k->cap) { uint32_t cap = k->cap ? k->cap * 2 : 32; held *h = bourse__realloc(&k->a, k->held, cap * sizeof *h); if (!h) return BOURSE_ERROR_MEMORY; k->held = h; k->cap = cap; }
  held *h = &k->held[k->n]; h->u = *u;
  bourse_level *b = bourse_arena_alloc(k->arena, (u->bid_count + 1) * sizeof *b), *s = bourse_arena_alloc(k->arena, (u->ask_count + 1) * sizeof *s);
  if (!b || !s) return BOURSE_ERROR_MEMORY;
  if (u->bid_count) memcpy(b, u->bids, u->bid_count * sizeof *b);
  if (u->ask_count) memcpy(s, u->asks, u->ask_count * sizeof *s);
  h->u.bids = b; h->u.asks = s; k->n++; k->wants = 1; k->state = BOURSE__BOOK_SYNCING; return BOURSE__KEEPER_HELD; }
int32_t bourse__keeper_message(bourse__keeper *k, const bourse_book_update *u, bourse__gap *g) {
  if (u->snapshot > 0) { k->joined = 1; return apply(k, u, g); }
  if (k->state == BOURSE__BOOK_LIVE) return prove(k, u, g);
  if (k->o.source == BOURSE_BOOK_FROM_REST) return hold(k, u, g);
  return BOURSE__KEEPER_IGNORED; }
int32_t bourse__keeper_snapshot(bourse__keeper *k, const bourse_book_update *u, bourse__gap *g) {
  if (k->state == BOURSE__BOOK_LIVE) return BOURSE__KEEPER_IGNORED;
  if (k->n > 0 && u->last + 1 < k->held[0].u.first) return BOURSE__KEEPER_IGNORED;
  k->wants = 0; k->joined = 0; int32_t c = apply(k, u, g); if (c != BOURSE__KEEPER_APPLIED) return c;
  for (uint32_t i = 0; i < k->n; i++) { c = prove(k, &k->held[i].u, g); if (c < 0 || c == BOURSE__KEEPER_GAP) return c; }
  k->n = 0; bourse__arena_reset(k->arena); return BOURSE__KEEPER_APPLIED; }
void bourse__keeper_break(bourse__keeper *k) { bourse__gap g; gap_(k, &g, 0, 0, 0); }
void bourse__keeper_restart(bourse__keeper *k) { bourse__keeper_break(k); k->state = BOURSE__BOOK_SYNCING; }
int32_t bourse__keeper_state(const bourse__keeper *k) { return k->state; }
int32_t bourse__keeper_wants_snapshot(const bourse__keeper *k) { return k->wants; }
int64_t bourse__keeper_sequence(const bourse__keeper *k) { return k->seq; }
int64_t bourse__keeper_time_ns(const bourse__keeper *k) { return k->time; }
const bourse__book *bourse__keeper_book(const bourse__keeper *k) { return k->state == BOURSE__BOOK_LIVE ? k->book : NULL; }
