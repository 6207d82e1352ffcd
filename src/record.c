/* record.c - records as JSON and their members as text, by the library's table of members.
 *
 * In JSON every member is always there: decimals as strings, times as ISO 8601, enumerated values by name, yes and no as
 * true and false, what the exchange did not say as null. */
#include "cli.h"

#include <inttypes.h>
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
  else if (value != 0)
    cli_add_format(out, "%d", value);
}

static void add_nested_json(cli_buffer *out, const bourse_member_info *member, const void *record);

void cli_member_text(cli_buffer *out, const bourse_member_info *member, const void *record, int style) {
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
      if (wide != 0) cli_add_format(out, "%" PRId64, wide);
      break;
    case BOURSE_TYPE_YES_NO:
      memcpy(&value, place, sizeof value);
      if (value != BOURSE_UNSET) cli_add(out, style == CLI_HUMAN ? value > 0 ? "yes" : "no" : value > 0 ? "true" : "false");
      break;
    case BOURSE_TYPE_ENUM:
      memcpy(&value, place, sizeof value);
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
      if (wide != 0) add_duration(out, wide, style);
      break;
    case BOURSE_TYPE_RECORDS:
      if (style == CLI_HUMAN)
        cli_add_format(out, "%u", count_of(member, record));
      else
        add_nested_json(out, member, record);
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

static void add_nested_json(cli_buffer *out, const bourse_member_info *member, const void *record) {
  const bourse_struct_info *info = bourse_schema_record(member->kind);
  const char *items;
  memcpy(&items, (const char *)record + member->offset, sizeof items);
  uint32_t count = count_of(member, record);
  cli_add_char(out, '[');
  for (uint32_t i = 0; info != NULL && items != NULL && i < count; i++) {
    if (i > 0) cli_add_char(out, ',');
    cli_record_json(out, info, items + (size_t)i * info->size, NULL, 0);
  }
  cli_add_char(out, ']');
}

static void add_strings_json(cli_buffer *out, const bourse_member_info *member, const void *record) {
  const char *const *list;
  memcpy(&list, (const char *)record + member->offset, sizeof list);
  uint32_t count = count_of(member, record);
  cli_add_char(out, '[');
  for (uint32_t i = 0; list != NULL && i < count; i++) {
    if (i > 0) cli_add_char(out, ',');
    cli_add_json(out, list[i]);
  }
  cli_add_char(out, ']');
}

static void add_member_json(cli_buffer *out, const bourse_member_info *member, const void *record) {
  cli_buffer text = {0};
  switch (member->type) {
    case BOURSE_TYPE_RECORDS: add_nested_json(out, member, record); return;
    case BOURSE_TYPE_STRINGS: add_strings_json(out, member, record); return;
    case BOURSE_TYPE_INT32:
    case BOURSE_TYPE_UINT32:
    case BOURSE_TYPE_INT64:
    case BOURSE_TYPE_DURATION_NS:
    case BOURSE_TYPE_YES_NO:
      cli_member_text(&text, member, record, CLI_PLAIN);
      cli_add(out, text.length > 0 ? text.data : "null");
      break;
    case BOURSE_TYPE_STRING: {
      const char *string;
      memcpy(&string, (const char *)record + member->offset, sizeof string);
      cli_add_json(out, string);
      break;
    }
    default:
      cli_member_text(&text, member, record, CLI_PLAIN);
      cli_add_json(out, text.length > 0 ? text.data : NULL);
      break;
  }
  cli_free_buffer(&text);
}

void cli_record_json(cli_buffer *out, const bourse_struct_info *info, const void *record, const char *const *columns,
                     uint32_t column_count) {
  uint32_t wanted = column_count > 0 ? column_count : info->member_count;
  cli_add_char(out, '{');
  for (uint32_t i = 0; i < wanted; i++) {
    const bourse_member_info *member = column_count > 0 ? NULL : &info->members[i];
    for (uint32_t k = 0; member == NULL && k < info->member_count; k++)
      if (cli_member_is(&info->members[k], columns[i])) member = &info->members[k];
    if (member == NULL) continue;
    if (i > 0) cli_add_char(out, ',');
    cli_add_json(out, member->name);
    cli_add_char(out, ':');
    add_member_json(out, member, record);
  }
  cli_add_char(out, '}');
}
