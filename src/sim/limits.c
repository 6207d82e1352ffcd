/* sim/limits.c - budgets by address or key, and bans. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"

typedef struct sim_taken {
  int64_t at_ns;
  int64_t weight;
} sim_taken;

static sim_limit *find(sim *s, const char *name, const char *who) {
  sim_limits *limits = &s->limits;
  size_t length = strlen(name);
  for (uint32_t i = 0; i < limits->count; i++) {
    const char *row = limits->rows[i].name;
    if (strncmp(row, name, length) == 0 && row[length] == '\n' && strcmp(row + length + 1, who) == 0)
      return &limits->rows[i];
  }
  if (limits->count == limits->capacity) {
    limits->capacity = limits->capacity == 0 ? 16 : limits->capacity * 2;
    limits->rows = sim_grow(limits->rows, limits->capacity * sizeof *limits->rows);
  }
  sim_limit *row = &limits->rows[limits->count++];
  sim_buffer text = {0};
  sim_buffer_format(&text, "%s\n%s", name, who);
  *row = (sim_limit){.name = text.bytes, .start_ns = sim_now_ns(s)};
  return row;
}

static void over(sim *s, int64_t by) {
  if (by > 0 && (uint64_t)by > s->limits.worst) s->limits.worst = (uint64_t)by;
}

static int64_t take(sim *s, sim_limit *row, int64_t capacity, int64_t weight) {
  int64_t used = row->used + weight;
  if (used > capacity) {
    over(s, used - capacity);
    if (!s->no_limits) return used;
    row->used = used;
    return capacity;
  }
  return row->used = used < 0 ? 0 : used;
}

int64_t sim_take(sim *s, const char *name, const char *who, int64_t interval_ns, int64_t capacity, int64_t weight) {
  sim_limit *row = find(s, name, who);
  int64_t now_ns = sim_clock_ns(s), start_ns = now_ns - now_ns % interval_ns; /* windows follow the clock */
  if (row->start_ns != start_ns) {
    row->start_ns = start_ns;
    row->used = 0;
  }
  return take(s, row, capacity, weight);
}

int64_t sim_take_opened(sim *s, const char *name, const char *who, int64_t interval_ns, int64_t capacity,
                        int64_t weight, int64_t *reset_ns) {
  sim_limit *row = find(s, name, who);
  int64_t now_ns = sim_now_ns(s);
  if (now_ns - row->start_ns >= interval_ns) {
    row->start_ns = now_ns;
    row->used = 0;
  }
  *reset_ns = row->start_ns + interval_ns - now_ns;
  return take(s, row, capacity, weight);
}

int64_t sim_take_rolling(sim *s, const char *name, const char *who, int64_t interval_ns, int64_t capacity,
                         int64_t weight, int64_t *reset_ns) {
  sim_limit *row = find(s, name, who);
  int64_t now_ns = sim_now_ns(s);
  uint32_t gone = 0;
  while (gone < row->taken_count && now_ns - row->taken[gone].at_ns >= interval_ns)
    row->used -= row->taken[gone++].weight;
  row->taken_count -= gone;
  if (gone > 0) memmove(row->taken, row->taken + gone, row->taken_count * sizeof *row->taken);
  int64_t before = row->used, used = take(s, row, capacity, weight);
  if (row->used != before) {
    if (row->taken_count == row->taken_capacity) {
      row->taken_capacity = row->taken_capacity == 0 ? 16 : row->taken_capacity * 2;
      row->taken = sim_grow(row->taken, row->taken_capacity * sizeof *row->taken);
    }
    row->taken[row->taken_count++] = (sim_taken){now_ns, row->used - before};
  }
  *reset_ns = row->taken_count == 0 ? 0 : row->taken[0].at_ns + interval_ns - now_ns;
  return used;
}

int64_t sim_used(sim *s, const char *name, const char *who, int64_t interval_ns) {
  return sim_take(s, name, who, interval_ns, INT64_MAX, 0);
}

int64_t sim_take_leaky(sim *s, const char *name, const char *who, int64_t per_second, int64_t capacity,
                       int64_t weight) {
  sim_limit *row = find(s, name, who);
  int64_t now_ns = sim_now_ns(s);
  __extension__ typedef __int128 wide;
  wide leaked = (wide)(now_ns - row->start_ns) * per_second / SIM_SECOND_NS;
  row->used = leaked >= row->used ? 0 : row->used - (int64_t)leaked;
  row->start_ns = now_ns;
  int64_t level = row->used + weight;
  if (level > capacity) {
    over(s, level - capacity);
    if (!s->no_limits) return level - capacity;
  }
  row->used = level < 0 ? 0 : level;
  return 0;
}

int64_t sim_banned_until_ns(sim *s, const char *who) {
  for (uint32_t i = 0; i < s->limits.ban_count; i++)
    if (strcmp(s->limits.bans[i].who, who) == 0)
      return s->limits.bans[i].until_ns > sim_clock_ns(s) ? s->limits.bans[i].until_ns : 0;
  return 0;
}

void sim_ban(sim *s, const char *who, int64_t until_ns) {
  sim_limits *limits = &s->limits;
  for (uint32_t i = 0; i < limits->ban_count; i++)
    if (strcmp(limits->bans[i].who, who) == 0) {
      limits->bans[i].until_ns = until_ns;
      return;
    }
  limits->bans = sim_grow(limits->bans, (limits->ban_count + 1) * sizeof *limits->bans);
  limits->bans[limits->ban_count++] = (sim_ban_row){sim_copy(who, strlen(who)), until_ns};
}

uint64_t sim_violations(const sim *s) { return s->limits.worst; }

void sim_limits_free(sim_limits *limits) {
  for (uint32_t i = 0; i < limits->count; i++) {
    free(limits->rows[i].name);
    free(limits->rows[i].taken);
  }
  for (uint32_t i = 0; i < limits->ban_count; i++) free(limits->bans[i].who);
  free(limits->rows);
  free(limits->bans);
}
