/* tests/sim/store.c - a store that outlives the host: what was put durably stays, the rest may be lost from some point on. */
#include <stdlib.h>
#include <string.h>

#include "world.h"

typedef struct item {
  struct item *next;
  char *key;
  char *bytes;
  size_t length;
} item;

/* A put or remove since the last durable one. */
typedef struct change {
  struct change *next;
  char *key;
  char *bytes; /* NULL: removed */
  size_t length;
} change;

struct disk {
  draws random;
  item *items; /* as on the disk */
  change *changes, **last;
  uint32_t faults;
  int32_t dead;
  void (*moment)(void *user_data);
  void *user_data;
};

static void *grab(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL) abort();
  return memory;
}

static char *copy(const void *bytes, size_t length) {
  char *out = grab(length + 1);
  if (length > 0) memcpy(out, bytes, length);
  return out;
}

static void apply(disk *d, const change *c) {
  item **at = &d->items;
  while (*at != NULL && strcmp((*at)->key, c->key) != 0) at = &(*at)->next;
  item *found = *at;
  if (c->bytes == NULL) {
    if (found == NULL) return;
    *at = found->next;
    free(found->key);
    free(found->bytes);
    free(found);
    return;
  }
  if (found == NULL) {
    found = *at = grab(sizeof *found);
    found->key = copy(c->key, strlen(c->key));
  }
  free(found->bytes);
  found->bytes = copy(c->bytes, c->length);
  found->length = c->length;
}

/* The first `count` changes reach the disk; the others are forgotten when `forget`. */
static void commit(disk *d, uint64_t count, int32_t forget) {
  while (d->changes != NULL && (count > 0 || forget)) {
    change *c = d->changes;
    if (count > 0) {
      apply(d, c);
      count--;
    }
    d->changes = c->next;
    free(c->key);
    free(c->bytes);
    free(c);
  }
  if (d->changes == NULL) d->last = &d->changes;
}

static void add_change(disk *d, const char *key, const void *bytes, size_t length) {
  change *c = grab(sizeof *c);
  c->key = copy(key, strlen(key));
  c->bytes = bytes == NULL ? NULL : copy(bytes, length);
  c->length = length;
  *d->last = c;
  d->last = &c->next;
}

static int32_t disk_put(void *user_data, const char *key, const void *bytes, size_t length, int32_t durable) {
  disk *d = user_data;
  if (d->moment != NULL) d->moment(d->user_data);
  if (d->dead) return BOURSE_OK;
  int32_t fails = d->faults > 0 && draw_chance(&d->random, d->faults, 1000);
  if (fails && draw_chance(&d->random, 1, 2)) return BOURSE_ERROR_IO; /* nothing was written */
  add_change(d, key, bytes == NULL ? "" : bytes, length);
  if (fails) return BOURSE_ERROR_IO; /* written, and no one can say whether it is there */
  if (durable > 0) commit(d, UINT64_MAX, 0);
  if (d->moment != NULL) d->moment(d->user_data);
  return BOURSE_OK;
}

static int32_t disk_remove(void *user_data, const char *key) {
  disk *d = user_data;
  if (d->dead) return BOURSE_OK;
  if (d->faults > 0 && draw_chance(&d->random, d->faults, 1000)) return BOURSE_ERROR_IO;
  add_change(d, key, NULL, 0);
  return BOURSE_OK;
}

static int32_t disk_each(void *user_data, const char *prefix,
                         int32_t (*visit)(void *visitor, const char *key, const void *bytes, size_t length),
                         void *visitor) {
  disk *d = user_data;
  commit(d, UINT64_MAX, 0); /* what a living host wrote, it can read */
  for (item *i = d->items, *next; i != NULL; i = next) {
    next = i->next;
    if (strncmp(i->key, prefix, strlen(prefix)) != 0) continue;
    int32_t code = visit(visitor, i->key, i->bytes, i->length);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}

disk *disk_new(uint64_t seed) {
  disk *d = grab(sizeof *d);
  d->random.state = seed;
  d->last = &d->changes;
  return d;
}

void disk_free(disk *d) {
  if (d == NULL) return;
  commit(d, 0, 1);
  while (d->items != NULL) {
    item *i = d->items;
    d->items = i->next;
    free(i->key);
    free(i->bytes);
    free(i);
  }
  free(d);
}

bourse_store disk_store(disk *d) {
  return (bourse_store){.struct_size = sizeof(bourse_store),
                        .api_version = BOURSE_API_VERSION,
                        .user_data = d,
                        .put = disk_put,
                        .remove = disk_remove,
                        .each = disk_each};
}

void disk_faulty(disk *d, uint32_t of_1000) { d->faults = of_1000; }

void disk_crash(disk *d) {
  uint64_t count = 0;
  for (const change *c = d->changes; c != NULL; c = c->next) count++;
  commit(d, draw_below(&d->random, count + 1), 1);
  d->dead = 1;
}

void disk_alive(disk *d) { d->dead = 0; }

void disk_on_put(disk *d, void (*moment)(void *user_data), void *user_data) {
  d->moment = moment;
  d->user_data = user_data;
}
