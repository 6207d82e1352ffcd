/* api/record_json.c - records as JSON objects and back, by the schema. Names as in the headers; decimals are strings, times ISO
 * 8601 text, enumerated values their names, yes and no true and false, what is absent null. */
#include <bourse/exchange.h>

#include <string.h>

#include "api/api.h"

static void write_member(bourse_text *text, const bourse_member_info *member, const void *record, int32_t given);

static void write_members(bourse_text *text, const bourse_struct_info *info, const void *record, int32_t given) {
  int32_t first = 1;
  bourse_text_char(text, '{');
  for (uint32_t i = 0; i < info->member_count; i++) {
    const bourse_member_info *member = &info->members[i];
    if (given && bourse__member_is_open(member, (const char *)record + member->offset)) continue;
    if (!first) bourse_text_char(text, ',');
    first = 0;
    bourse_text_json(text, member->name, strlen(member->name));
    bourse_text_char(text, ':');
    write_member(text, member, record, given);
  }
  bourse_text_char(text, '}');
}

void bourse__record_write(bourse_text *text, const bourse_struct_info *info, const void *record) {
  write_members(text, info, record, 0);
}

void bourse__record_write_given(bourse_text *text, const bourse_struct_info *info, const void *record) {
  write_members(text, info, record, 1);
}

static void write_string(bourse_text *text, const char *string) {
  if (string == NULL)
    bourse_text_string(text, "null");
  else
    bourse_text_json(text, string, strlen(string));
}

static void write_records(bourse_text *text, const bourse_member_info *member, const void *record, int32_t given) {
  const bourse_struct_info *info = bourse_schema_record(member->kind);
  const char *items;
  uint32_t count;
  memcpy(&items, (const char *)record + member->offset, sizeof items);
  memcpy(&count, (const char *)record + member->count_offset, sizeof count);
  bourse_text_char(text, '[');
  for (uint32_t i = 0; items != NULL && i < count; i++) {
    if (i > 0) bourse_text_char(text, ',');
    write_members(text, info, items + (size_t)i * info->size, given);
  }
  bourse_text_char(text, ']');
}

static void write_decimal(bourse_text *text, const bourse_decimal *value) {
  if (!bourse_decimal_is_present(value)) {
    bourse_text_string(text, "null");
    return;
  }
  bourse_text_char(text, '"');
  bourse_text_decimal(text, value);
  bourse_text_char(text, '"');
}

static void write_time(bourse_text *text, int64_t time_ns) {
  char iso[BOURSE_TIME_TEXT_SIZE];
  if (time_ns == 0 || bourse_time_format(iso, sizeof iso, time_ns) != BOURSE_OK)
    bourse_text_string(text, "null");
  else
    write_string(text, iso);
}

static void write_member(bourse_text *text, const bourse_member_info *member, const void *record, int32_t given) {
  const char *at = (const char *)record + member->offset;
  const char *string;
  int32_t small;
  int64_t large;
  switch (member->type) {
    case BOURSE_TYPE_STRING:
      memcpy(&string, at, sizeof string);
      write_string(text, string);
      break;
    case BOURSE_TYPE_DECIMAL: write_decimal(text, (const bourse_decimal *)(const void *)at); break;
    case BOURSE_TYPE_INT64:
    case BOURSE_TYPE_DURATION_NS:
      memcpy(&large, at, sizeof large);
      bourse_text_int(text, large);
      break;
    case BOURSE_TYPE_TIME_NS:
      memcpy(&large, at, sizeof large);
      write_time(text, large);
      break;
    case BOURSE_TYPE_YES_NO:
      memcpy(&small, at, sizeof small);
      bourse_text_string(text, small > 0 ? "true" : small < 0 ? "false" : "null");
      break;
    case BOURSE_TYPE_ENUM:
      memcpy(&small, at, sizeof small);
      write_string(text, small == 0 ? NULL : bourse_enum_name(member->enumeration, small));
      break;
    case BOURSE_TYPE_ERROR:
      memcpy(&small, at, sizeof small);
      write_string(text, small == 0 ? NULL : bourse_error_name(small));
      break;
    case BOURSE_TYPE_RECORDS: write_records(text, member, record, given); break;
    default:
      memcpy(&small, at, sizeof small);
      bourse_text_int(text, small);
      break;
  }
}

int64_t bourse_record_json(char *out, size_t out_size, int32_t kind, const void *record) {
  const bourse_struct_info *info = bourse_schema_record(kind);
  if (info == NULL || record == NULL || (out == NULL && out_size > 0)) return BOURSE_ERROR_ARGUMENT;
  bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 4096);
  bourse_text text;
  if (arena == NULL) return BOURSE_ERROR_MEMORY;
  bourse_text_init(&text, arena);
  bourse__record_write(&text, info, record);
  char *json = bourse_text_finish(&text);
  int64_t length = json == NULL ? BOURSE_ERROR_MEMORY : (int64_t)text.length;
  if (json != NULL && text.length < out_size) memcpy(out, json, text.length + 1);
  bourse__arena_free(arena);
  return length;
}

/* --- Reading --- */

static const bourse_member_info *find_member(const bourse_struct_info *info, bourse_slice name) {
  for (uint32_t i = 0; i < info->member_count; i++)
    if (bourse_slice_is(name, info->members[i].name)) return &info->members[i];
  return NULL;
}

static int32_t read_text(bourse_json *json, char *out, size_t out_size, bourse_slice *long_text, bourse_arena *arena) {
  bourse_slice text;
  int32_t escaped = 0;
  if (!bourse_json_string(json, &text, &escaped)) return 0;
  char *copy = arena == NULL ? out : bourse_arena_alloc(arena, text.length + 1);
  if (copy == NULL || (arena == NULL && text.length >= out_size)) return 0;
  int64_t length = bourse_json_unescape(copy, text);
  if (length < 0) return 0;
  copy[length] = '\0';
  long_text->data = copy;
  long_text->length = (size_t)length;
  return 1;
}

static int32_t read_int(bourse_json *json, char *at, int32_t type) {
  bourse_slice digits;
  bourse_decimal decimal;
  int64_t value;
  if (!bourse_json_number(json, &digits) || bourse_decimal_parse(&decimal, digits.data, digits.length) != BOURSE_OK ||
      bourse_decimal_to_int64(&value, &decimal) != BOURSE_OK)
    return 0;
  if (type == BOURSE_TYPE_INT64 || type == BOURSE_TYPE_DURATION_NS) {
    memcpy(at, &value, sizeof value);
    return 1;
  }
  int32_t small = (int32_t)value;
  if (small != value) return 0;
  memcpy(at, &small, sizeof small);
  return 1;
}

static int32_t read_error(bourse_json *json, char *at) {
  char text[64];
  bourse_slice slice;
  if (!read_text(json, text, sizeof text, &slice, NULL)) return 0;
  for (uint32_t i = 0; bourse_error_code_at(i) != BOURSE_OK; i++) {
    int32_t code = bourse_error_code_at(i);
    if (strcmp(bourse_error_name(code), text) != 0) continue;
    memcpy(at, &code, sizeof code);
    return 1;
  }
  return 0;
}

static int32_t read_records(bourse_json *json, const bourse_member_info *member, void *record, bourse_arena *arena) {
  const bourse_struct_info *info = bourse_schema_record(member->kind);
  bourse_json ahead = *json;
  uint32_t count = 0, at = 0;
  if (info == NULL || !bourse_json_array_begin(&ahead)) return 0;
  for (; bourse_json_array_next(&ahead); count++)
    if (!bourse_json_skip(&ahead)) return 0;
  char *items = bourse_arena_alloc(arena, ((size_t)count + 1) * info->size);
  if (items == NULL || !bourse_json_array_begin(json)) return 0;
  for (; bourse_json_array_next(json); at++)
    if (bourse__record_read(json, info, items + (size_t)at * info->size, arena) != BOURSE_OK) return 0;
  memcpy((char *)record + member->offset, &items, sizeof items);
  memcpy((char *)record + member->count_offset, &count, sizeof count);
  return 1;
}

static int32_t read_member(bourse_json *json, const bourse_member_info *member, void *record, bourse_arena *arena) {
  char *at = (char *)record + member->offset;
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_slice slice;
  int64_t time_ns;
  int32_t small;
  switch (member->type) {
    case BOURSE_TYPE_STRING:
      if (!read_text(json, NULL, 0, &slice, arena)) return 0;
      memcpy(at, &slice.data, sizeof slice.data);
      return 1;
    case BOURSE_TYPE_DECIMAL:
      return read_text(json, text, sizeof text, &slice, NULL) &&
             bourse_decimal_parse((bourse_decimal *)(void *)at, text, slice.length) == BOURSE_OK;
    case BOURSE_TYPE_TIME_NS:
      if (!read_text(json, text, sizeof text, &slice, NULL) || bourse_time_parse(&time_ns, text) != BOURSE_OK) return 0;
      memcpy(at, &time_ns, sizeof time_ns);
      return 1;
    case BOURSE_TYPE_YES_NO:
      if (!bourse_json_bool(json, &small)) return 0;
      memcpy(at, &small, sizeof small);
      return 1;
    case BOURSE_TYPE_ENUM:
      if (!read_text(json, text, sizeof text, &slice, NULL)) return 0;
      small = bourse_enum_value_of(member->enumeration, text);
      memcpy(at, &small, sizeof small);
      return small != 0;
    case BOURSE_TYPE_ERROR: return read_error(json, at);
    case BOURSE_TYPE_RECORDS: return read_records(json, member, record, arena);
    case BOURSE_TYPE_INT32:
    case BOURSE_TYPE_UINT32:
    case BOURSE_TYPE_INT64:
    case BOURSE_TYPE_DURATION_NS: return read_int(json, at, member->type);
    default: return bourse_json_skip(json);
  }
}

int32_t bourse__record_read(bourse_json *json, const bourse_struct_info *info, void *record, bourse_arena *arena) {
  bourse_slice name;
  if (!bourse_json_object_begin(json)) return BOURSE_ERROR_BAD_REPLY;
  while (bourse_json_object_next(json, &name)) {
    const bourse_member_info *member = find_member(info, name);
    if (bourse_json_null(json)) continue;
    if (member == NULL ? !bourse_json_skip(json) : !read_member(json, member, record, arena)) {
      bourse_json_fail(json, "a member has another type than it should");
      return BOURSE_ERROR_BAD_REPLY;
    }
  }
  return json->error == NULL ? BOURSE_OK : BOURSE_ERROR_BAD_REPLY;
}
