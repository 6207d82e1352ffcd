/* fields.c - one item of a payload against one record. */
#include <ctype.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recordings/recordings.h"
#include "support/members.h"

/* --- Words and paths --- */

/* Whether `word` is among those of a list separated by spaces. */
static int has_word(const char *list, const char *word) {
  size_t length = strlen(word);
  while (list != NULL && *list != '\0') {
    size_t size = strcspn(list, " ");
    if (size == length && strncmp(list, word, length) == 0) return 1;
    list += size + strspn(list + size, " ");
  }
  return 0;
}

/* Of a list: the element in which some member has that text, as filters are told apart by their type. */
static const json *named_element(const json *list, const char *name) {
  for (const json *one = list->first; one != NULL; one = one->next)
    for (const json *member = one->kind == JSON_OBJECT ? one->first : NULL; member != NULL; member = member->next)
      if (member->kind == JSON_STRING && strcmp(member->text, name) == 0) return one;
  return NULL;
}

static const json *look_up(const json *value, const char *path, size_t length) {
  while (length > 0 && value != NULL) {
    char name[64];
    size_t size = 0;
    if (*path == '[') {
      value = json_at(value, (uint32_t)strtoul(path + 1, NULL, 10));
      size = strcspn(path, "]") + 1;
    } else {
      while (size < length && path[size] != '.' && path[size] != '[') size++;
      snprintf(name, sizeof name, "%.*s", (int)size, path);
      value = value->kind == JSON_ARRAY ? named_element(value, name) : json_get(value, name);
    }
    path += size;
    length -= size;
    if (length > 0 && *path == '.') {
      path++;
      length--;
    }
  }
  return value;
}

/* Value as text; NULL when it is not there, null or empty. */
static const char *value_text(const json *value) {
  if (value == NULL || value->kind == JSON_NULL || value->kind == JSON_ARRAY || value->kind == JSON_OBJECT) return NULL;
  return *value->text == '\0' ? NULL : value->text;
}

static int is_there(const json *value) {
  const char *text = value_text(value);
  bourse_decimal number;
  if (value != NULL && value->first != NULL) return 1; /* a list or object that is not empty */
  return text != NULL && strcmp(text, "false") != 0 &&
         (bourse_decimal_parse(&number, text, SIZE_MAX) != BOURSE_OK || bourse_decimal_sign(&number) != 0);
}

static const json *native_value(const map_item *item, const char *path, size_t length) {
  const char *condition = memchr(path, '?', length);
  if (length == 1 && *path == '.') return item->value;
  if (condition != NULL) {
    int absent = condition[1] == '-';
    size_t size = length - (size_t)(condition - path) - 1 - (size_t)absent;
    if (is_there(look_up(item->value, condition + 1 + absent, size)) == absent) return NULL;
    length = (size_t)(condition - path);
  }
  int own = *path == '!';
  if (own) {
    path++;
    length--;
  }
  const json *value = look_up(item->value, path, length);
  if ((value == NULL || value->kind == JSON_NULL) && !own) value = look_up(item->around, path, length);
  return value;
}

/* --- Items --- */

const map_family *family_of(const map_exchange *exchange, int32_t kind, const char *path) {
  for (uint32_t i = 0; i < exchange->family_count; i++)
    if (exchange->families[i].kind == kind && fnmatch(exchange->families[i].path, path, 0) == 0)
      return &exchange->families[i];
  return NULL;
}

typedef struct collection {
  pool *p;
  const map_family *family;
  map_item *first, **end;
  uint32_t count;
} collection;

static const json *first_key(const json *value, const char *keys, int kind) {
  while (*keys != '\0') {
    size_t size = strcspn(keys, " ");
    const json *found = look_up(value, keys, size);
    if (found != NULL && found->kind == kind) return found;
    keys += size + strspn(keys + size, " ");
  }
  return NULL;
}

static void collect(collection *c, const json *value, const json *around) {
  const json *list = value->kind == JSON_OBJECT ? first_key(value, c->family->lists, JSON_ARRAY) : NULL;
  const json *inner = value->kind == JSON_OBJECT ? first_key(value, c->family->wraps, JSON_OBJECT) : NULL;
  if (list != NULL && json_get(value, "orderId") == NULL) {
    for (const json *one = list->first; one != NULL; one = one->next) collect(c, one, value);
    return;
  }
  map_item *item = pool_alloc(c->p, sizeof *item);
  item->value = inner != NULL ? inner : value;
  item->around = inner != NULL ? value : around;
  *c->end = item;
  c->end = &item->next;
  c->count++;
  /* An order that stands beside the orders of its list. */
  for (const json *one = list == NULL ? NULL : list->first; one != NULL; one = one->next) collect(c, one, value);
}

map_item *items_of(pool *p, const map_family *family, const json *payload, uint32_t *count) {
  collection c = {p, family, NULL, NULL, 0};
  c.end = &c.first;
  int inside = strpbrk(family->lists, "[.") != NULL && first_key(payload, family->lists, JSON_ARRAY) == NULL;
  if (payload->kind == JSON_ARRAY)
    for (const json *one = payload->first; one != NULL; one = one->next) collect(&c, one, NULL);
  else if (!inside) /* it has such a part */
    collect(&c, payload, NULL);
  *count = c.count;
  return c.first;
}

/* --- Single values --- */

static int is_none(int how, const char *native) {
  bourse_decimal value;
  if (how == HOW_WORD) return strcmp(native, "NONE") == 0 || strcmp(native, "null") == 0;
  if (how == HOW_MINUS) return strcmp(native, "-1") == 0;
  if (how != HOW_ZERO && how != HOW_LIMIT && how != HOW_MS && how != HOW_HOURS && how != HOW_SECONDS &&
      how != HOW_EPOCH)
    return 0;
  return bourse_decimal_parse(&value, native, SIZE_MAX) == BOURSE_OK && bourse_decimal_sign(&value) <= 0;
}

/* Digits of both equal, trailing zeros included: what an exponent or a leading plus means aside. */
static int same_digits(const char *a, const char *b) {
  bourse_decimal x, y;
  char left[BOURSE_DECIMAL_TEXT_SIZE], right[BOURSE_DECIMAL_TEXT_SIZE];
  if (strcmp(a, b) == 0) return 1;
  if (bourse_decimal_parse(&x, a, SIZE_MAX) != BOURSE_OK || bourse_decimal_parse(&y, b, SIZE_MAX) != BOURSE_OK)
    return 0;
  bourse_decimal_format(left, sizeof left, &x);
  bourse_decimal_format(right, sizeof right, &y);
  return strcmp(left, right) == 0;
}

static int same_time(const char *got, int64_t wanted_ns) {
  int64_t have;
  return bourse_time_parse(&have, got) == BOURSE_OK && have == wanted_ns;
}

static int same_iso(const char *got, const char *native) {
  int64_t wanted;
  return bourse_time_parse(&wanted, native) == BOURSE_OK && same_time(got, wanted);
}

/* The number with its point moved. */
static int same_scaled(const char *native, int32_t places, const char *got) {
  bourse_decimal wanted;
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  if (bourse_decimal_parse(&wanted, native, SIZE_MAX) != BOURSE_OK) return 0;
  wanted.exponent += places;
  bourse_decimal_format(text, sizeof text, &wanted);
  return same_digits(text, got);
}

/* Of seconds, or a thousandth of them up to three times. */
static int same_epoch(const char *got, const char *native) {
  size_t digits = strlen(native);
  int64_t value = strtoll(native, NULL, 10);
  return same_time(got, value * (digits >= 18   ? 1
                                 : digits >= 15 ? 1000
                                 : digits >= 12 ? 1000000
                                                : INT64_C(1000000000)));
}

static int same_negated(const char *native, const char *got) {
  bourse_decimal wanted;
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  if (bourse_decimal_parse(&wanted, native, SIZE_MAX) != BOURSE_OK) return 0;
  bourse_decimal_negate(&wanted);
  bourse_decimal_format(text, sizeof text, &wanted);
  return same_digits(text, got);
}

static int same_seconds(const char *got, const char *native) {
  bourse_decimal wanted;
  int64_t wanted_ns;
  if (bourse_decimal_parse(&wanted, native, SIZE_MAX) != BOURSE_OK) return 0;
  wanted.exponent += 9;
  return bourse_decimal_round(&wanted, &wanted, 0, BOURSE_ROUND_DOWN) == BOURSE_OK &&
         bourse_decimal_to_int64(&wanted_ns, &wanted) == BOURSE_OK && same_time(got, wanted_ns);
}

/* 1: equal or not told; 0: not. got may be NULL. */
static int same_word(const char *words, const char *native, const char *got) {
  size_t length = strlen(native);
  for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
    size_t size = strcspn(at, " ");
    if (size > length && strncmp(at, native, length) == 0 && at[length] == '=') {
      char list[96];
      snprintf(list, sizeof list, "%.*s", (int)(size - length - 1), at + length + 1);
      for (char *c = list; *c != '\0'; c++)
        if (*c == '/') *c = ' ';
      return got != NULL && has_word(list, got);
    }
    at += size;
  }
  return 1;
}

static int same_value(const bourse_member_info *member, int how, const char *words, const char *native,
                      const char *got) {
  size_t have = got == NULL ? 0 : strlen(got), length = strlen(native);
  if (how == HOW_ENUM) return same_word(words, native, got);
  if (how == HOW_ERROR && native[0] != '-') return 1;
  if (got == NULL ||
      (is_none(how, native) && (member->type == BOURSE_TYPE_INT64 || member->type == BOURSE_TYPE_DURATION_NS) &&
       strcmp(got, "0") == 0))
    return is_none(how, native);
  switch (how) {
    case HOW_SIZE: return same_digits(native + (native[0] == '-'), got);
    case HOW_NEGATED: return same_negated(native, got);
    case HOW_TAIL: return have >= length && strcmp(got + have - length, native) == 0;
    case HOW_MS: return same_time(got, strtoll(native, NULL, 10) * 1000000);
    case HOW_EPOCH: return same_epoch(got, native);
    case HOW_SECONDS: return same_seconds(got, native);
    case HOW_PERCENT: return same_scaled(native, -2, got);
    case HOW_SIGNED: return same_digits(native + (native[0] == '+'), got);
    case HOW_ISO: return same_iso(got, native);
    case HOW_HOURS: return strtoll(got, NULL, 10) == strtoll(native, NULL, 10) * INT64_C(3600000000000);
    case HOW_SLASH: return have == strcspn(native, "/@") && strncmp(got, native, have) == 0;
    default: return member->type == BOURSE_TYPE_DECIMAL ? same_digits(native, got) : strcmp(native, got) == 0;
  }
}

/* --- Markets --- */

static const char *symbol_of_id(const map_context *c, const char *id) {
  for (const json *one = c->instruments == NULL ? NULL : c->instruments->first; one != NULL; one = one->next)
    if (json_is(one, c->exchange->instrument_id, id)) return c->exchange->symbol_of(c->p, one);
  return NULL;
}

static const char *compare_market(const map_context *c, const bourse_struct_info *info, const char *id,
                                  const char *member_name, const void *record) {
  const bourse_member_info *member = find_member(info, member_name), *symbol = find_member(info, "symbol");
  const char *wanted = symbol_of_id(c, id);
  if (member == NULL) return pool_format(c->p, "the map names %s, which %s has not", member_name, info->name);
  const char *got_id = member_text(c->p, member, record),
             *got = symbol == NULL ? NULL : member_text(c->p, symbol, record);
  if (strcmp(member_name, "symbol") != 0 && (got_id == NULL || strcmp(got_id, id) != 0))
    return pool_format(c->p, "%s is %s, the payload says %s", member_name, got_id == NULL ? "absent" : got_id, id);
  if (symbol != NULL && wanted != NULL && (got == NULL || strcmp(got, wanted) != 0))
    return pool_format(c->p, "symbol is %s, of %s it should be %s", got == NULL ? "absent" : got, id, wanted);
  if (symbol != NULL && wanted == NULL && got != NULL && c->instruments != NULL && strcmp(got, id) != 0)
    return pool_format(c->p, "symbol is %s, but no instrument is called %s", got, id);
  return NULL;
}

/* --- Nested lists --- */

static const char *compare_levels(const map_context *c, const bourse_member_info *member, const json *list,
                                  const void *record) {
  const bourse_level *levels;
  uint32_t count, i = 0;
  char price[BOURSE_DECIMAL_TEXT_SIZE], amount[BOURSE_DECIMAL_TEXT_SIZE];
  memcpy(&levels, (const char *)record + member->offset, sizeof levels);
  memcpy(&count, (const char *)record + member->count_offset, sizeof count);
  if (count != list->count)
    return pool_format(c->p, "%s has %u levels, the payload %u", member->name, count, list->count);
  for (const json *one = list->first; one != NULL; one = one->next, i++) {
    int object = one->kind == JSON_OBJECT;
    const json *native_price = object ? json_get(one, "price") : json_at(one, 0);
    const json *native_amount = object ? json_get(one, "size") : json_at(one, 1);
    bourse_decimal_format(price, sizeof price, &levels[i].price);
    bourse_decimal_format(amount, sizeof amount, &levels[i].amount);
    if (json_text(native_price) == NULL || json_text(native_amount) == NULL ||
        !same_digits(native_price->text, price) || !same_digits(native_amount->text, amount))
      return pool_format(c->p, "%s[%u] is %s, %s", member->name, i, price, amount);
  }
  return NULL;
}

static const char *compare_records(const map_context *c, const map_field *field, const bourse_member_info *member,
                                   const json *list, const map_item *item, const void *record) {
  int32_t kind = (int32_t)strtol(field->words, NULL, 10);
  const bourse_struct_info *info = bourse_schema_record(kind);
  const map_family *family = family_of(c->exchange, kind, "nested");
  const char *items;
  uint32_t count, i = 0;
  memcpy(&items, (const char *)record + member->offset, sizeof items);
  memcpy(&count, (const char *)record + member->count_offset, sizeof count);
  if (count != list->count)
    return pool_format(c->p, "%s has %u records, the payload %u", member->name, count, list->count);
  for (const json *one = list->first; one != NULL; one = one->next, i++) {
    map_item inner = {NULL, one, item->value};
    const char *wrong = compare_item(c, family, &inner, kind, items + (size_t)i * info->size);
    if (wrong != NULL) return pool_format(c->p, "%s[%u].%s", member->name, i, wrong);
  }
  return NULL;
}

/* --- Fields --- */

static int is_market_order(const map_context *c, const bourse_struct_info *info, const void *record) {
  const char *type = member_text(c->p, find_member(info, "type"), record);
  return type != NULL && strcmp(type, "market") == 0;
}

/* Tries the members "a|b" in turn. */
static const char *compare_members(const map_context *c, const map_field *field, const bourse_struct_info *info,
                                   const char *native, const void *record) {
  const char *found = NULL, *names = field->member;
  if (field->how == HOW_CURRENCY) native = c->exchange->currency(c->p, native);
  while (*names != '\0') {
    char name[64];
    size_t size = strcspn(names, "|");
    snprintf(name, sizeof name, "%.*s", (int)size, names);
    const bourse_member_info *member = find_member(info, name);
    if (member == NULL) return pool_format(c->p, "the map names %s, which %s has not", name, info->name);
    const char *got = member_text(c->p, member, record);
    if (same_value(member, field->how, field->words, native, got)) return NULL;
    if (got == NULL && field->how == HOW_LIMIT && is_market_order(c, info, record)) return NULL;
    if (found == NULL || got != NULL) found = got;
    names += size + (names[size] == '|');
  }
  return pool_format(c->p, "%s is %s, %s in the payload is %s", field->member, found == NULL ? "absent" : found,
                     field->native, native);
}

static const char *compare_field(const map_context *c, const map_field *field, const map_item *item,
                                 const bourse_struct_info *info, const void *record) {
  const char *path = field->native, *wrong = NULL;
  int any = strchr(path, '|') != NULL;
  while (*path != '\0') {
    size_t size = strcspn(path, ">|");
    const json *value = native_value(item, path, size);
    const char *native = value_text(value);
    if (field->how == HOW_LEVELS || field->how == HOW_RECORDS) {
      if (value == NULL || value->kind != JSON_ARRAY) return NULL;
      const bourse_member_info *member = find_member(info, field->member);
      return field->how == HOW_LEVELS ? compare_levels(c, member, value, record)
                                      : compare_records(c, field, member, value, item, record);
    }
    if (native != NULL) {
      wrong = field->how == HOW_MARKET ? compare_market(c, info, native, field->member, record)
                                       : compare_members(c, field, info, native, record);
      if (wrong == NULL || !any) return wrong;
    }
    path += size + (path[size] != '\0');
  }
  return wrong;
}

/* --- The other way round: no decimal that the payload does not have --- */

static int has_token(const json *value, const char *text) {
  if (value == NULL) return 0;
  if (value->kind == JSON_ARRAY || value->kind == JSON_OBJECT) {
    for (const json *one = value->first; one != NULL; one = one->next)
      if (has_token(one, text)) return 1;
    return 0;
  }
  return (value->kind == JSON_NUMBER || value->kind == JSON_STRING) && value->length > 0 &&
         isdigit((unsigned char)value->text[value->length - 1]) && same_digits(value->text, text);
}

/* 1 when "member=a*b" among the derived ones holds, 0 when it does not, -1 when it is not said. */
static int is_product(pool *p, const char *derived, const char *name, const bourse_struct_info *info,
                      const void *record) {
  char factors[2][64];
  bourse_decimal values[3];
  size_t length = strlen(name);
  for (; *derived != '\0'; derived += strcspn(derived, " "), derived += strspn(derived, " ")) {
    if (strncmp(derived, name, length) != 0 || derived[length] != '=') continue;
    if (sscanf(derived + length + 1, "%63[^*]*%63[^ ]", factors[0], factors[1]) != 2) return 0;
    const char *const names[] = {factors[0], factors[1], name};
    for (int i = 0; i < 3; i++) {
      const char *text = member_text(p, find_member(info, names[i]), record);
      if (text == NULL || bourse_decimal_parse(&values[i], text, SIZE_MAX) != BOURSE_OK) return 0;
    }
    return bourse_decimal_mul(&values[0], &values[0], &values[1]) == BOURSE_OK &&
           bourse_decimal_compare(&values[0], &values[2]) == 0;
  }
  return -1;
}

static const char *compare_origin(const map_context *c, const map_family *family, const map_item *item,
                                  const bourse_struct_info *info, const void *record) {
  for (uint32_t i = 0; i < info->member_count; i++) {
    const bourse_member_info *member = &info->members[i];
    const char *text = member->type == BOURSE_TYPE_DECIMAL ? member_text(c->p, member, record) : NULL;
    if (text == NULL || has_word(family->derived, member->name)) continue;
    if (has_token(item->value, text) || has_token(item->around, text)) continue;
    if (is_product(c->p, family->derived, member->name, info, record) != 1)
      return pool_format(c->p, "%s is %s, which the payload does not have", member->name, text);
  }
  return NULL;
}

const char *compare_item(const map_context *c, const map_family *family, const map_item *item, int32_t kind,
                         const void *record) {
  const bourse_struct_info *info = bourse_schema_record(kind);
  const char *wrong;
  if (family == NULL) return pool_format(c->p, "no map for %s", info->short_name);
  for (uint32_t i = 0; i < family->count; i++)
    if ((wrong = compare_field(c, &family->fields[i], item, info, record)) != NULL) return wrong;
  return compare_origin(c, family, item, info, record);
}
