/* record.c - records as the library's JSON, and their members as text. */
#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static uint32_t count_of(const bourse_member_info *member, const void *record) {
  uint32_t count;
  memcpy(&count, (const char *)record + member->count_offset, sizeof count);
  return count;
}

static void add_time(cli_buffer *out, int64_t time_ns, int style) {
  char text[BOURSE_TIME_TEXT_SIZE];
  if (bourse_time_format(text, sizeof text, time_ns) != BOURSE_OK) return;
  if (style == CLI_HUMAN) {
    /* Milliseconds are what an eye can use. */
    text[10] = ' ';
    char *point = strchr(text, '.');
    if (point != NULL) memcpy(strncmp(point, ".000000000", 10) == 0 ? point : point + 4, "Z", 2);
  }
  cli_add(out, text);
}

static void add_duration(cli_buffer *out, int64_t duration_ns, int style) {
  int64_t hour = INT64_C(3600000000000), minute = hour / 60;
  if (style != CLI_HUMAN)
    cli_add_format(out, "%" PRId64, duration_ns);
  else if (duration_ns % hour == 0)
    cli_add_format(out, "%" PRId64 "h", duration_ns / hour);
  else if (duration_ns % minute == 0)
    cli_add_format(out, "%" PRId64 "m", duration_ns / minute);
  else
    cli_add_format(out, "%" PRId64 "ms", duration_ns / 1000000);
}

static void add_enum(cli_buffer *out, const bourse_member_info *member, int32_t value) {
  const char *name = bourse_enum_name(member->enumeration, value);
  if (name != NULL)
    cli_add(out, name);
  else
    cli_add_format(out, "%d", value);
}

/* The whole record as the library writes it. */
static void add_record(cli_buffer *out, int32_t kind, const void *record) {
  char small[4096];
  int64_t length = bourse_record_json(small, sizeof small, kind, record);
  if (length < 0) cli_no_memory();
  if ((size_t)length < sizeof small) {
    cli_add_bytes(out, small, (size_t)length);
    return;
  }
  char *large = cli_alloc((size_t)length + 1);
  if (bourse_record_json(large, (size_t)length + 1, kind, record) != length) cli_no_memory();
  cli_add_bytes(out, large, (size_t)length);
  free(large);
}

/* The value of one member, cut out of the record's JSON. */
static void add_member_json(cli_buffer *out, const cli_buffer *whole, const char *name) {
  bourse_json json;
  bourse_slice key, value;
  bourse_json_init(&json, whole->data, whole->length);
  if (!bourse_json_object_begin(&json)) return;
  while (bourse_json_object_next(&json, &key)) {
    if (!bourse_json_raw(&json, &value)) return;
    if (!bourse_slice_is(key, name)) continue;
    cli_add_bytes(out, value.data, value.length);
    return;
  }
}

static void add_list_json(cli_buffer *out, const bourse_struct_info *info, const bourse_member_info *member,
                          const void *record) {
  cli_buffer whole = {0};
  add_record(&whole, info->kind, record);
  add_member_json(out, &whole, member->name);
  cli_free_buffer(&whole);
}

void cli_member_text(cli_buffer *out, const bourse_struct_info *info, const bourse_member_info *member,
                     const void *record, int style) {
  const char *place = (const char *)record + member->offset;
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  int32_t value = 0;
  int64_t wide = 0;
  const char *string = NULL;
  switch (member->type) {
    case BOURSE_TYPE_STRING:
      memcpy(&string, place, sizeof string);
      if (string != NULL) cli_add(out, string);
      break;
    case BOURSE_TYPE_DECIMAL:
      if (bourse_decimal_format(text, sizeof text, (const bourse_decimal *)(const void *)place) > 0) cli_add(out, text);
      break;
    case BOURSE_TYPE_INT32:
      memcpy(&value, place, sizeof value);
      cli_add_format(out, "%d", value);
      break;
    case BOURSE_TYPE_UINT32:
      memcpy(&value, place, sizeof value);
      cli_add_format(out, "%u", (uint32_t)value);
      break;
    case BOURSE_TYPE_INT64:
      memcpy(&wide, place, sizeof wide);
      if (wide != 0 || style == CLI_PLAIN) cli_add_format(out, "%" PRId64, wide);
      break;
    case BOURSE_TYPE_YES_NO:
      memcpy(&value, place, sizeof value);
      if (value != BOURSE_UNSET)
        cli_add(out, style == CLI_HUMAN ? value > 0 ? "yes" : "no" : value > 0 ? "true" : "false");
      break;
    case BOURSE_TYPE_ENUM:
      memcpy(&value, place, sizeof value);
      if (value == 0) break;
      add_enum(out, member, value);
      break;
    case BOURSE_TYPE_ERROR:
      memcpy(&value, place, sizeof value);
      if (value != 0) cli_add(out, bourse_error_name(value));
      break;
    case BOURSE_TYPE_TIME_NS:
      memcpy(&wide, place, sizeof wide);
      if (wide != 0) add_time(out, wide, style);
      break;
    case BOURSE_TYPE_DURATION_NS:
      memcpy(&wide, place, sizeof wide);
      if (wide != 0 || style == CLI_PLAIN) add_duration(out, wide, style);
      break;
    case BOURSE_TYPE_RECORDS:
      if (style == CLI_HUMAN)
        cli_add_format(out, "%u", count_of(member, record));
      else
        add_list_json(out, info, member, record);
      break;
    default: break;
  }
}

int cli_member_is_number(const bourse_member_info *member) {
  switch (member->type) {
    case BOURSE_TYPE_DECIMAL:
    case BOURSE_TYPE_INT32:
    case BOURSE_TYPE_UINT32:
    case BOURSE_TYPE_INT64:
    case BOURSE_TYPE_DURATION_NS:
    case BOURSE_TYPE_RECORDS: return 1;
    default: return 0;
  }
}

void cli_record_json(cli_buffer *out, const bourse_struct_info *info, const void *record, const char *const *columns,
                     uint32_t column_count) {
  cli_buffer whole = {0};
  if (column_count == 0) {
    add_record(out, info->kind, record);
    return;
  }
  add_record(&whole, info->kind, record);
  cli_add_char(out, '{');
  for (uint32_t i = 0; i < column_count; i++)
    for (uint32_t k = 0; k < info->member_count; k++) {
      const bourse_member_info *member = &info->members[k];
      if (!cli_member_is(member, columns[i])) continue;
      cli_add_format(out, "%s\"%s\":", i > 0 ? "," : "", member->name);
      add_member_json(out, &whole, member->name);
      break;
    }
  cli_add_char(out, '}');
  cli_free_buffer(&whole);
}
