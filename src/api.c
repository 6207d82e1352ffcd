/* api.c - the library described: operations, arguments, records, enumerations, constants. Bindings are made from it. */
#include "cli.h"

#include <inttypes.h>
#include <stdio.h>

static const char *const type_names[] = {
    [BOURSE_TYPE_STRING] = "string",
    [BOURSE_TYPE_DECIMAL] = "decimal",
    [BOURSE_TYPE_INT32] = "int32",
    [BOURSE_TYPE_UINT32] = "uint32",
    [BOURSE_TYPE_INT64] = "int64",
    [BOURSE_TYPE_YES_NO] = "yes_no",
    [BOURSE_TYPE_ENUM] = "enum",
    [BOURSE_TYPE_TIME_NS] = "time_ns",
    [BOURSE_TYPE_STRINGS] = "strings",
    [BOURSE_TYPE_RECORDS] = "records",
    [BOURSE_TYPE_DURATION_NS] = "duration_ns",
    [BOURSE_TYPE_PARAMS] = "params",
    [BOURSE_TYPE_ERROR] = "error",
};

static const struct {
  const char *name;
  uint32_t flag;
} flags[] = {
    {"private", BOURSE_OPERATION_PRIVATE}, {"acts", BOURSE_OPERATION_ACTS},
    {"money", BOURSE_OPERATION_MONEY},     {"order", BOURSE_OPERATION_ORDER},
    {"orders", BOURSE_OPERATION_ORDERS},   {"markets", BOURSE_OPERATION_MARKETS},
    {"stream", BOURSE_OPERATION_STREAM},   {"composed", BOURSE_OPERATION_COMPOSED},
};

/* Names of the arguments whose bit is set, with `between` and `quote` around them. */
static void add_arguments(cli_buffer *out, uint64_t set, const char *between, const char *quote) {
  const bourse_struct_info *request = bourse_schema_request();
  int first = 1;
  for (uint32_t i = 0; i < request->member_count; i++) {
    if ((set >> i & 1) == 0) continue;
    cli_add_format(out, "%s%s%s%s", first ? "" : between, quote, request->members[i].name, quote);
    first = 0;
  }
}

static void add_operation(cli_buffer *out, const bourse_operation_info *info) {
  const bourse_struct_info *record = bourse_schema_record(info->kind);
  cli_add_format(out, "{\"name\":\"%s\",\"number\":%d,\"text\":", info->name, info->operation);
  cli_add_json(out, info->text);
  cli_add(out, ",\"result\":");
  cli_add_json(out, record != NULL ? record->short_name : NULL);
  cli_add_format(out, ",\"kind\":%d", info->kind);
  for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
    cli_add_format(out, ",\"%s\":%s", flags[i].name, (info->flags & flags[i].flag) != 0 ? "true" : "false");
  cli_add(out, ",\"required\":[");
  add_arguments(out, info->required, ",", "\"");
  cli_add(out, "],\"accepted\":[");
  add_arguments(out, info->accepted, ",", "\"");
  cli_add(out, "]}");
}

static void add_member(cli_buffer *out, const bourse_member_info *member) {
  cli_add_format(out, "{\"name\":\"%s\",\"type\":\"%s\",\"offset\":%u", member->name, type_names[member->type],
                 member->offset);
  if (member->enumeration != NULL) cli_add_format(out, ",\"enumeration\":\"%s\"", member->enumeration->name);
  if (member->count_offset != 0) cli_add_format(out, ",\"count_offset\":%u", member->count_offset);
  if (member->type == BOURSE_TYPE_RECORDS) {
    const bourse_struct_info *record = bourse_schema_record(member->kind);
    cli_add_format(out, ",\"record\":\"%s\"",
                   record != NULL ? record->short_name : bourse_schema_order_request()->short_name);
  }
  cli_add(out, "}");
}

static void add_struct(cli_buffer *out, const bourse_struct_info *info) {
  cli_add_format(out, "{\"name\":\"%s\",\"struct\":\"%s\",\"kind\":%d,\"size\":%u,\"members\":[", info->short_name,
                 info->name, info->kind, info->size);
  for (uint32_t i = 0; i < info->member_count; i++) {
    cli_add(out, i > 0 ? ",\n   " : "\n   ");
    add_member(out, &info->members[i]);
  }
  cli_add(out, "]}");
}

static void add_enumeration(cli_buffer *out, const bourse_enumeration *enumeration) {
  cli_add_format(out, "\"%s\":{", enumeration->name);
  for (uint32_t i = 0; i < enumeration->count; i++)
    cli_add_format(out, "%s\"%s\":%d", i > 0 ? "," : "", enumeration->values[i].name, enumeration->values[i].value);
  cli_add(out, "}");
}

static void print_json(void) {
  cli_buffer out = {0};
  const bourse_operation_info *operation;
  const bourse_struct_info *record;
  const bourse_enumeration *enumeration;
  const char *name;
  cli_add_format(&out, "{\"version\":\"%s\",\"api_version\":%u,\n\"operations\":[", bourse_version(),
                 BOURSE_API_VERSION);
  for (uint32_t i = 0; (operation = bourse_schema_operation_at(i)) != NULL; i++) {
    cli_add(&out, i > 0 ? ",\n  " : "\n  ");
    add_operation(&out, operation);
  }
  cli_add(&out, "],\n\"request\":");
  add_struct(&out, bourse_schema_request());
  cli_add(&out, ",\n\"order_request\":");
  add_struct(&out, bourse_schema_order_request());
  cli_add(&out, ",\n\"records\":[");
  for (uint32_t i = 0; (record = bourse_schema_record_at(i)) != NULL; i++) {
    cli_add(&out, i > 0 ? ",\n  " : "\n  ");
    add_struct(&out, record);
  }
  cli_add(&out, "],\n\"enumerations\":{");
  for (uint32_t i = 0; (enumeration = bourse_schema_enumeration_at(i)) != NULL; i++) {
    cli_add(&out, i > 0 ? ",\n  " : "\n  ");
    add_enumeration(&out, enumeration);
  }
  cli_add(&out, "},\n\"constants\":{");
  for (uint32_t i = 0; (name = bourse_constant_name(i)) != NULL; i++) {
    int64_t value = 0;
    bourse_constant(&value, name);
    cli_add_format(&out, "%s\"%s\":%" PRId64, i > 0 ? ",\n  " : "\n  ", name, value);
  }
  cli_add(&out, "}}\n");
  fwrite(out.data, 1, out.length, stdout);
  cli_free_buffer(&out);
}

int cli_api(const cli_options *options, const char *const *words, uint32_t count) {
  static const char *const names[] = {"operation", "result", "required", "accepted", "text"};
  const bourse_operation_info *info;
  cli_grid grid;
  if (count > 0) return cli_fail(CLI_USAGE, "api: unexpected \"%s\"", words[0]);
  if (options->format == CLI_JSON) {
    print_json();
    return CLI_OK;
  }
  cli_grid_init(&grid, names, 5);
  for (uint32_t i = 0; (info = bourse_schema_operation_at(i)) != NULL; i++) {
    const bourse_struct_info *record = bourse_schema_record(info->kind);
    cli_buffer required = {0}, accepted = {0};
    add_arguments(&required, info->required, " ", "");
    add_arguments(&accepted, info->accepted & ~info->required, " ", "");
    cli_grid_row(&grid);
    cli_grid_set(&grid, 0, cli_copy(info->name));
    cli_grid_set(&grid, 1, cli_copy(record != NULL ? record->short_name : "raw"));
    cli_grid_set(&grid, 2, required.data);
    cli_grid_set(&grid, 3, accepted.data);
    cli_grid_set(&grid, 4, cli_copy(info->text));
  }
  cli_grid_print(&grid, options);
  return CLI_OK;
}
