/* members.c */
#include "support/members.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const bourse_member_info *find_member(const bourse_struct_info *info, const char *name) {
  for (uint32_t i = 0; info != NULL && i < info->member_count; i++)
    if (strcmp(info->members[i].name, name) == 0) return &info->members[i];
  return NULL;
}

/* --- Setting --- */

static int read_time(const char *text, int64_t *out) {
  char *end;
  if (strchr(text, '-') != NULL && text[0] != '-') return bourse_time_parse(out, text) == BOURSE_OK;
  *out = strtoll(text, &end, 10);
  return *text != '\0' && *end == '\0';
}

static const char *set_strings(pool *p, const bourse_member_info *member, void *out, const json *value) {
  const char **strings = pool_alloc(p, (value->count + 1) * sizeof *strings);
  uint32_t count = 0;
  if (value->kind != JSON_ARRAY) return "wants a list";
  for (const json *element = value->first; element != NULL; element = element->next)
    if ((strings[count++] = json_text(element)) == NULL) return "wants a list of strings";
  memcpy((char *)out + member->offset, &strings, sizeof strings);
  memcpy((char *)out + member->count_offset, &count, sizeof count);
  return NULL;
}

static const char *set_params(pool *p, const bourse_member_info *member, void *out, const json *value) {
  bourse_param *params = pool_alloc(p, (value->count + 1) * sizeof *params);
  if (value->kind != JSON_OBJECT) return "wants an object";
  uint32_t count = 0;
  for (const json *element = value->first; element != NULL; element = element->next, count++) {
    int is_string = element->kind == JSON_STRING;
    params[count].name = element->key;
    params[count].value =
        is_string ? element->text : pool_copy(p, element->begin, (size_t)(element->end - element->begin));
    params[count].json = is_string ? BOURSE_NO : BOURSE_YES;
  }
  memcpy((char *)out + member->offset, &params, sizeof params);
  memcpy((char *)out + member->count_offset, &count, sizeof count);
  return NULL;
}

static const char *set_orders(pool *p, const bourse_member_info *member, void *out, const json *value) {
  const bourse_order_request **orders = pool_alloc(p, (value->count + 1) * sizeof *orders);
  uint32_t count = 0;
  if (value->kind != JSON_ARRAY) return "wants a list";
  for (const json *element = value->first; element != NULL; element = element->next) {
    bourse_order_request *order = pool_alloc(p, sizeof *order);
    bourse_order_request_init(order, sizeof *order);
    const char *wrong = set_members(p, bourse_schema_order_request(), order, element);
    if (wrong != NULL) return wrong;
    orders[count++] = order;
  }
  memcpy((char *)out + member->offset, &orders, sizeof orders);
  memcpy((char *)out + member->count_offset, &count, sizeof count);
  return NULL;
}

static const char *set_number(const bourse_member_info *member, void *at, const char *text) {
  int64_t large;
  int32_t small;
  bourse_decimal decimal;
  if (text == NULL) return "wants a string or number";
  switch (member->type) {
    case BOURSE_TYPE_DECIMAL:
      if (bourse_decimal_parse(&decimal, text, SIZE_MAX) != BOURSE_OK) return "wants a decimal";
      memcpy(at, &decimal, sizeof decimal);
      return NULL;
    case BOURSE_TYPE_ENUM:
      small = bourse_enum_value_of(member->enumeration, text);
      if (small == 0) return "has no such value";
      memcpy(at, &small, sizeof small);
      return NULL;
    case BOURSE_TYPE_TIME_NS:
    case BOURSE_TYPE_INT64:
    case BOURSE_TYPE_DURATION_NS:
      if (!read_time(text, &large)) return "wants a time or integer";
      memcpy(at, &large, sizeof large);
      return NULL;
    default:
      small = (int32_t)strtoll(text, NULL, 10);
      memcpy(at, &small, sizeof small);
      return NULL;
  }
}

const char *set_member(pool *p, const bourse_member_info *member, void *out, const json *value) {
  char *at = (char *)out + member->offset;
  int32_t yes_no = value->kind == JSON_TRUE ? BOURSE_YES : BOURSE_NO;
  const char *text = json_text(value);
  switch (member->type) {
    case BOURSE_TYPE_STRING:
      if (text == NULL) return "wants a string";
      memcpy(at, &text, sizeof text);
      return NULL;
    case BOURSE_TYPE_STRINGS: return set_strings(p, member, out, value);
    case BOURSE_TYPE_PARAMS: return set_params(p, member, out, value);
    case BOURSE_TYPE_RECORDS: return set_orders(p, member, out, value);
    case BOURSE_TYPE_YES_NO:
      if (value->kind != JSON_TRUE && value->kind != JSON_FALSE) return "wants true or false";
      memcpy(at, &yes_no, sizeof yes_no);
      return NULL;
    default: return set_number(member, at, text);
  }
}

const char *set_members(pool *p, const bourse_struct_info *info, void *out, const json *object) {
  if (object == NULL) return NULL;
  if (object->kind != JSON_OBJECT) return "wants an object";
  for (const json *value = object->first; value != NULL; value = value->next) {
    const bourse_member_info *member = find_member(info, value->key);
    const char *wrong = member == NULL ? "is no member" : set_member(p, member, out, value);
    if (wrong != NULL) return pool_format(p, "%s.%s %s", info->short_name, value->key, wrong);
  }
  return NULL;
}

const char *make_request(pool *p, bourse_request *out, int32_t operation, const json *args) {
  bourse_request_init(out, sizeof *out, operation);
  return set_members(p, bourse_schema_request(), out, args);
}

const char *set_options(pool *p, bourse_options *out, const json *object) {
  static const char *const shared[] = {"product", "margin_mode"};
  for (const json *value = object == NULL ? NULL : object->first; value != NULL; value = value->next) {
    const char *key = value->key, *text = json_text(value);
    const bourse_member_info *member = NULL;
    int32_t yes_no = value->kind == JSON_TRUE ? BOURSE_YES : value->kind == JSON_FALSE ? BOURSE_NO : BOURSE_UNSET;
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
      if (strcmp(key, shared[i]) == 0) member = find_member(bourse_schema_request(), key);
    if (member != NULL) {
      int32_t number = bourse_enum_value_of(member->enumeration, text);
      if (number == 0) return pool_format(p, "options.%s has no such value", key);
      *(strcmp(key, "product") == 0 ? &out->product : &out->margin_mode) = number;
    } else if (strcmp(key, "environment") == 0 && text != NULL) {
      out->environment = strcmp(text, "testnet") == 0 ? BOURSE_TESTNET
                         : strcmp(text, "demo") == 0  ? BOURSE_DEMO
                                                      : BOURSE_LIVE;
    } else if (strcmp(key, "allow_withdrawals") == 0) {
      out->allow_withdrawals = yes_no;
    } else if (strcmp(key, "check_orders") == 0) {
      out->check_orders = yes_no;
    } else if (strcmp(key, "receive_window_ms") == 0 && text != NULL) {
      out->receive_window_ms = strtoll(text, NULL, 10);
    } else if (strcmp(key, "order_transport") == 0 && text != NULL) {
      out->order_transport = strcmp(text, "socket") == 0 ? BOURSE_TRANSPORT_SOCKET : BOURSE_TRANSPORT_HTTP;
    } else if (strcmp(key, "settings") == 0 && value->kind == JSON_OBJECT) {
      bourse_param *settings = pool_alloc(p, (value->count + 1) * sizeof *settings);
      for (const json *setting = value->first; setting != NULL; setting = setting->next) {
        settings[out->setting_count].name = setting->key;
        settings[out->setting_count++].value = setting->text;
      }
      out->settings = settings;
    } else if (strcmp(key, "credentials") != 0) {
      return pool_format(p, "options.%s is not known here", key);
    }
  }
  return NULL;
}

/* --- Reading --- */

const char *member_text(pool *p, const bourse_member_info *member, const void *record) {
  const char *at = (const char *)record + member->offset;
  const char *string;
  int64_t large;
  int32_t small;
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  memcpy(&small, at, sizeof small);
  switch (member->type) {
    case BOURSE_TYPE_STRING: memcpy(&string, at, sizeof string); return pool_string(p, string);
    case BOURSE_TYPE_DECIMAL:
      if (bourse_decimal_format(text, sizeof text, (const bourse_decimal *)(const void *)at) <= 0) return NULL;
      return pool_string(p, text);
    case BOURSE_TYPE_INT64:
    case BOURSE_TYPE_DURATION_NS: memcpy(&large, at, sizeof large); return pool_format(p, "%" PRId64, large);
    case BOURSE_TYPE_TIME_NS:
      memcpy(&large, at, sizeof large);
      if (large == 0 || bourse_time_format(text, sizeof text, large) != BOURSE_OK) return NULL;
      return pool_string(p, text);
    case BOURSE_TYPE_YES_NO: return small > 0 ? "true" : small < 0 ? "false" : NULL;
    case BOURSE_TYPE_ENUM: return small == 0 ? NULL : bourse_enum_name(member->enumeration, small);
    case BOURSE_TYPE_ERROR: return small == 0 ? NULL : bourse_error_name(small);
    case BOURSE_TYPE_UINT32: return pool_format(p, "%" PRIu32, (uint32_t)small);
    case BOURSE_TYPE_INT32: return pool_format(p, "%" PRId32, small);
    default: return NULL;
  }
}

static const char *records_of(const bourse_member_info *member, const void *record, uint32_t *count) {
  const char *items;
  memcpy(&items, (const char *)record + member->offset, sizeof items);
  memcpy(count, (const char *)record + member->count_offset, sizeof *count);
  return items;
}

static const char *compare_nested(pool *p, const bourse_member_info *member, const void *record, const json *expected) {
  uint32_t count;
  const char *items = records_of(member, record, &count), *wrong;
  const bourse_struct_info *info = bourse_schema_record(member->kind);
  if (expected->kind != JSON_ARRAY) return pool_format(p, "%s: the case must give a list", member->name);
  if (expected->count != count)
    return pool_format(p, "%s: %u records, expected %u", member->name, count, expected->count);
  for (uint32_t i = 0; i < count; i++)
    if ((wrong = compare_record(p, member->kind, items + (size_t)i * info->size, json_at(expected, i))) != NULL)
      return pool_format(p, "%s[%u].%s", member->name, i, wrong);
  return NULL;
}

static int same_value(const bourse_member_info *member, const char *got, const json *expected) {
  int64_t wanted, have;
  if (expected->kind == JSON_NULL) {
    int plain = member->type == BOURSE_TYPE_INT64 || member->type == BOURSE_TYPE_INT32 ||
                member->type == BOURSE_TYPE_UINT32 || member->type == BOURSE_TYPE_DURATION_NS;
    return got == NULL || (plain && strcmp(got, "0") == 0);
  }
  if (got == NULL || expected->text == NULL) return 0;
  if (member->type == BOURSE_TYPE_TIME_NS)
    return read_time(expected->text, &wanted) && bourse_time_parse(&have, got) == BOURSE_OK && have == wanted;
  return strcmp(got, expected->text) == 0;
}

const char *compare_record(pool *p, int32_t kind, const void *record, const json *expected) {
  const bourse_struct_info *info = bourse_schema_record(kind);
  if (expected == NULL || expected->kind != JSON_OBJECT) return "the case must give an object";
  for (const json *value = expected->first; value != NULL; value = value->next) {
    const bourse_member_info *member = find_member(info, value->key);
    if (member == NULL) return pool_format(p, "%s is no member of %s", value->key, info->name);
    if (member->type == BOURSE_TYPE_RECORDS) {
      const char *wrong = compare_nested(p, member, record, value);
      if (wrong != NULL) return wrong;
      continue;
    }
    const char *got = member_text(p, member, record);
    if (!same_value(member, got, value))
      return pool_format(p, "%s is %s, expected %.*s", value->key, got == NULL ? "absent" : got,
                         (int)(value->end - value->begin), value->begin);
  }
  return NULL;
}

static void add_record(pool *p, buffer *out, int32_t kind, const void *record) {
  int64_t length = bourse_record_json(NULL, 0, kind, record);
  char *text = pool_alloc(p, (size_t)length + 1);
  bourse_record_json(text, (size_t)length + 1, kind, record);
  buffer_string(out, text);
  buffer_string(out, "\n");
}

char *result_text(pool *p, const bourse_result *result) {
  buffer out = {0};
  char line[160];
  size_t raw_length = 0;
  int32_t kind = bourse_result_kind(result);
  snprintf(line, sizeof line, "code %d kind %d outcome %d status %d\n", bourse_result_code(result), kind,
           bourse_result_outcome(result), bourse_result_http_status(result));
  buffer_string(&out, line);
  if (bourse_result_code(result) != BOURSE_OK) buffer_string(&out, bourse_result_error(result)->message);
  for (uint32_t i = 0; kind != BOURSE_KIND_RAW && i < bourse_result_count(result); i++)
    add_record(p, &out, kind, bourse_result_record(result, i));
  if (bourse_result_cursor(result) != NULL) buffer_string(&out, bourse_result_cursor(result));
  const char *raw = bourse_result_raw(result, &raw_length);
  if (raw != NULL) buffer_add(&out, raw, raw_length);
  char *text = pool_copy(p, out.data, out.length);
  buffer_free(&out);
  return text;
}
