/* sim/faults.c - what is planned to go wrong: rows of a JSON file (see the README), each with when, where and how often. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"

/* Those of every exchange; a dialect names its own. */
static const char *const common[] = {
    "drop_request", "drop_reply",      "delay_request", "delay",        "status",       "status_after",
    "duplicate",    "truncate",        "corrupt",       "skew",         "drop_message", "duplicate_message",
    "swap_message", "corrupt_message", "delay_message", "break_socket", "maintenance",  NULL};

static const char *const of_requests[] = {"drop_request", "drop_reply", "delay_request", "delay",   "status",
                                          "status_after", "duplicate",  "truncate",      "corrupt", NULL};

static int32_t is_in(const char *const *names, const char *name) {
  for (; *names != NULL; names++)
    if (strcmp(*names, name) == 0) return 1;
  return 0;
}

static int32_t read_scaled(int64_t *out, const char *text, int32_t scale) {
  bourse_decimal value;
  return sim_decimal(&value, text) && bourse__paper_units(out, &value, scale);
}

typedef struct member {
  const char *name;
  size_t offset;
  int32_t kind; /* 't' text, 'n' whole number, 'm' milliseconds, 'c' chance, 's' small number */
} member;

#define MEMBER(name_, member_, kind_) \
  { name_, offsetof(sim_fault_row, member_), kind_ }

static const member members[] = {
    MEMBER("fault", name, 't'),
    MEMBER("method", method, 't'),
    MEMBER("path", path, 't'),
    MEMBER("where", where, 't'),
    MEMBER("body", body, 't'),
    MEMBER("type", type, 't'),
    MEMBER("from_ms", from_ns, 'm'),
    MEMBER("to_ms", to_ns, 'm'),
    MEMBER("nth", nth, 'n'),
    MEMBER("every", every, 'n'),
    MEMBER("times", times, 'n'),
    MEMBER("chance", chance, 'c'),
    MEMBER("delay_ms", delay_ns, 'm'),
    MEMBER("at", at, 'n'),
    MEMBER("skew_ms", skew_ns, 'm'),
    MEMBER("status", status, 's'),
    MEMBER("retry_after", retry_after, 's'),
};

static int32_t read_member(sim_fault_row *row, const cJSON *item, char *text, size_t size) {
  const char *value = sim_json_item_text(item);
  for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
    if (strcmp(members[i].name, item->string) != 0) continue;
    char *place = (char *)row + members[i].offset;
    int64_t number = 0;
    if (members[i].kind == 't') {
      if (value == NULL || sim_json_is_number(item)) break;
      free(*(char **)(void *)place);
      *(char **)(void *)place = sim_copy(value, strlen(value));
      return 1;
    }
    if (!sim_json_is_number(item) ||
        !read_scaled(&number, value, members[i].kind == 'm' || members[i].kind == 'c' ? 6 : 0))
      break;
    if (number < 0 && members[i].offset != offsetof(sim_fault_row, skew_ns)) break;
    if (members[i].kind == 's')
      *(int32_t *)(void *)place = number > INT32_MAX ? INT32_MAX : (int32_t)number;
    else
      *(int64_t *)(void *)place = number;
    return 1;
  }
  (void)snprintf(text, size, "faults: the member \"%s\" is not known, or its value is not of its kind", item->string);
  return 0;
}

static int32_t check_row(const sim *s, const sim_fault_row *row, char *text, size_t size) {
  const char *const *own = s->dialect->faults;
  if (row->name == NULL) {
    (void)snprintf(text, size, "faults: each one needs \"fault\", its name");
    return 0;
  }
  if (is_in(common, row->name) || own == NULL || is_in(own, row->name)) return 1;
  int32_t used = snprintf(text, size, "faults: \"%s\" is none of", row->name);
  for (int32_t i = 0; used > 0 && (size_t)used < size && common[i] != NULL; i++)
    used += snprintf(text + used, size - (size_t)used, " %s", common[i]);
  for (int32_t i = 0; used > 0 && (size_t)used < size && own[i] != NULL; i++)
    used += snprintf(text + used, size - (size_t)used, " %s", own[i]);
  return 0;
}

int32_t sim_faults_open(sim *s, const char *json, char *text, size_t size) {
  sim_faults *faults = &s->faults;
  const cJSON *row, *item;
  int32_t good = 1;
  faults->random = s->random ^ UINT64_C(0x5851f42d4c957f2d);
  if (json == NULL) return BOURSE_OK;
  cJSON *tree = sim_json_parse(json, strlen(json));
  const cJSON *list = cJSON_IsObject(tree) ? cJSON_GetObjectItemCaseSensitive(tree, "faults") : tree;
  if (!cJSON_IsArray(list)) {
    (void)snprintf(text, size, "faults: a JSON array is wanted, or an object with the array \"faults\"");
    cJSON_Delete(tree);
    return BOURSE_ERROR_ARGUMENT;
  }
  faults->rows = sim_alloc((size_t)cJSON_GetArraySize(list) * sizeof *faults->rows);
  cJSON_ArrayForEach(row, list) {
    sim_fault_row *out = &faults->rows[faults->count++];
    cJSON_ArrayForEach(item, row) {
      if (item->string == NULL)
        good = 0;
      else
        good = good && read_member(out, item, text, size);
    }
    good = good && check_row(s, out, text, size);
    if (!good) break;
  }
  cJSON_Delete(tree);
  return good ? BOURSE_OK : BOURSE_ERROR_ARGUMENT;
}

void sim_faults_free(sim_faults *faults) {
  for (uint32_t i = 0; i < faults->count; i++) {
    sim_fault_row *row = &faults->rows[i];
    free(row->name);
    free(row->method);
    free(row->path);
    free(row->where);
    free(row->body);
    free(row->type);
  }
  free(faults->rows);
}

static int32_t is_time(const sim *s, const sim_fault_row *row) {
  int64_t since = s->now_ns - s->start_ns;
  return since >= row->from_ns && (row->to_ns == 0 || since < row->to_ns);
}

static uint64_t draw(sim_faults *faults) {
  uint64_t z = faults->random += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static int32_t matches(const sim *s, const sim_fault_row *row, const char *method, const char *path,
                       const char *where) {
  if (!is_time(s, row)) return 0;
  if (row->method != NULL && (method == NULL || strcmp(row->method, method) != 0)) return 0;
  if (row->path != NULL && (path == NULL || strncmp(row->path, path, strlen(row->path)) != 0)) return 0;
  return row->where == NULL || (where != NULL && strcmp(row->where, where) == 0);
}

/* One more that matches: whether it is struck. */
static int32_t strikes(sim *s, sim_fault_row *row) {
  row->seen++;
  if (row->nth != 0 && row->seen != row->nth) return 0;
  if (row->every != 0 && row->seen % row->every != 0) return 0;
  if (row->times != 0 && row->done >= row->times) return 0;
  if (row->chance != 0 && (int64_t)(draw(&s->faults) % 1000000) >= row->chance) return 0;
  row->done++;
  return 1;
}

uint32_t sim_faults_decide(sim *s, const char *method, const char *path, sim_fault_row **out, uint32_t room) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < s->faults.count; i++) {
    sim_fault_row *row = &s->faults.rows[i];
    if (is_in(of_requests, row->name) && matches(s, row, method, path, NULL) && strikes(s, row) && count < room)
      out[count++] = row;
  }
  return count;
}

sim_fault_row *sim_fault_row_at(sim *s, const char *name, const char *method, const char *path, const char *where) {
  for (uint32_t i = 0; i < s->faults.count; i++) {
    sim_fault_row *row = &s->faults.rows[i];
    if (strcmp(row->name, name) == 0 && matches(s, row, method, path, where) && strikes(s, row)) return row;
  }
  return NULL;
}

int32_t sim_fault(sim *s, const char *name, const char *where) {
  return sim_fault_row_at(s, name, NULL, NULL, where) != NULL;
}

int64_t sim_skew_ns(const sim *s) {
  int64_t skew = 0;
  for (uint32_t i = 0; i < s->faults.count; i++)
    if (strcmp(s->faults.rows[i].name, "skew") == 0 && is_time(s, &s->faults.rows[i]))
      skew += s->faults.rows[i].skew_ns;
  return skew;
}
