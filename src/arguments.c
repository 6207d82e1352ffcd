/* arguments.c - key=value words to a request, by the library's own tables of operations and members. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cli_arguments_init(cli_arguments *arguments, const bourse_operation_info *info) {
  memset(arguments, 0, sizeof *arguments);
  arguments->info = info;
  bourse_request_init(&arguments->request, sizeof arguments->request, info->operation);
  bourse_order_request_init(&arguments->order, sizeof arguments->order);
}

void cli_arguments_free(cli_arguments *arguments) {
  for (uint32_t i = 0; i < arguments->owned_count; i++) free(arguments->owned[i]);
  free(arguments->owned);
  free((void *)arguments->orders);
  free(arguments->params);
  free((void *)arguments->keys);
  memset(arguments, 0, sizeof *arguments);
}

size_t cli_key_length(const char *word) {
  size_t length = 0;
  /* The name of a native parameter may hold anything but '='. */
  if (strncmp(word, "param.", 6) == 0) {
    length = strcspn(word, "=");
    return word[length] == '=' ? length : 0;
  }
  while ((word[length] >= 'a' && word[length] <= 'z') || (word[length] >= 'A' && word[length] <= 'Z') ||
         (word[length] >= '0' && word[length] <= '9') || word[length] == '_' || word[length] == '.' ||
         word[length] == '-')
    length++;
  return word[length] == '=' ? length : 0;
}

int cli_arguments_has(const cli_arguments *arguments, const char *key) {
  for (uint32_t i = 0; i < arguments->key_count; i++)
    if (strcmp(arguments->keys[i], key) == 0) return 1;
  return 0;
}

/* Index of the request's member called key, accepted by the operation; or -1. */
static int request_member(const bourse_operation_info *info, const char *key) {
  const bourse_struct_info *request = bourse_schema_request();
  for (uint32_t i = 0; i < request->member_count; i++)
    if (info->accepted & UINT64_C(1) << i && cli_member_is(&request->members[i], key)) return (int)i;
  return -1;
}

static const bourse_member_info *order_member(const bourse_operation_info *info, const char *key) {
  const bourse_struct_info *order = bourse_schema_order_request();
  if (!(info->flags & BOURSE_OPERATION_ORDER)) return NULL;
  for (uint32_t i = 0; i < order->member_count; i++)
    if (cli_member_is(&order->members[i], key)) return &order->members[i];
  return NULL;
}

/* Members of the request that an operation with one order fills from the order's own arguments. */
static int is_shown(const bourse_operation_info *info, const bourse_member_info *member) {
  if (member->type == BOURSE_TYPE_RECORDS) return !(info->flags & BOURSE_OPERATION_ORDER);
  return member->type != BOURSE_TYPE_PARAMS;
}

static int is_request_only(const char *key) { return strcmp(key, "client_order_id") == 0; }

static void add_allowed(cli_buffer *out, const bourse_operation_info *info, const char *separator, int mark) {
  const bourse_struct_info *request = bourse_schema_request();
  const bourse_struct_info *order = bourse_schema_order_request();
  char name[64];
  for (uint32_t i = 0; i < request->member_count; i++) {
    if (!(info->accepted & UINT64_C(1) << i) || !is_shown(info, &request->members[i])) continue;
    cli_member_key(&request->members[i], name, sizeof name);
    if (order_member(info, name) != NULL && !is_request_only(name)) continue;
    cli_add_format(out, "%s%s%s", out->length > 0 ? separator : "", name,
                   mark && info->required & UINT64_C(1) << i ? " (required)" : "");
  }
  if (info->flags & BOURSE_OPERATION_ORDER)
    for (uint32_t i = 0; i < order->member_count; i++) {
      cli_member_key(&order->members[i], name, sizeof name);
      if (request_member(info, name) >= 0 && is_request_only(name)) {
        cli_add_format(out, "%sorder.%s", separator, name);
        continue;
      }
      int needed = mark && info->operation == BOURSE_OP_CREATE_ORDER &&
                   (strcmp(name, "symbol") == 0 || strcmp(name, "side") == 0 || strcmp(name, "type") == 0);
      cli_add_format(out, "%s%s%s", out->length > 0 ? separator : "", name, needed ? " (required)" : "");
    }
  if (mark) cli_add_format(out, "%sparam.NAME", separator);
}

void cli_arguments_names(cli_buffer *out, const bourse_operation_info *info) { add_allowed(out, info, "\n", 0); }

static int add_param(cli_arguments *arguments, const char *name, const char *value) {
  size_t length = strlen(name);
  int json = length > 0 && name[length - 1] == ':';
  if (json) length--;
  if (length == 0) return cli_fail(CLI_USAGE, "%s: param.NAME=value without a name", arguments->info->name);
  if (json) {
    bourse_json reader;
    bourse_json_init(&reader, value, strlen(value));
    bourse_json_skip(&reader);
    if (bourse_json_finish(&reader) != BOURSE_OK)
      return cli_fail(CLI_USAGE, "%s: param.%.*s: not JSON: %s at byte %zu", arguments->info->name, (int)length, name,
                      reader.error, reader.error_offset);
  }
  uint32_t count = arguments->request.param_count;
  arguments->params = cli_grow(arguments->params, (count + 1) * sizeof *arguments->params);
  bourse_param *param = &arguments->params[count];
  memset(param, 0, sizeof *param);
  param->name = cli_own(arguments, cli_copy_bytes(name, length));
  param->value = cli_own(arguments, cli_copy(value));
  param->json = json ? BOURSE_YES : BOURSE_UNSET;
  arguments->request.param_count = count + 1;
  return CLI_OK;
}

static int fail_value(const cli_arguments *arguments, const char *key, char *reason) {
  cli_fail(CLI_USAGE, "%s: %s: %s", arguments->info->name, key, reason);
  free(reason);
  return CLI_USAGE;
}

static int fail_unknown(const cli_arguments *arguments, const char *key) {
  cli_buffer allowed = {0};
  add_allowed(&allowed, arguments->info, ", ", 1);
  cli_fail(CLI_USAGE, "%s: unknown argument \"%s\"; allowed: %s", arguments->info->name, key, allowed.data);
  cli_free_buffer(&allowed);
  return CLI_USAGE;
}

/* A key in its first spelling, so that since and since_ns count as one. */
static const char *plain_key(const cli_arguments *arguments, const char *key, char *out, size_t out_size) {
  int index = request_member(arguments->info, key);
  const bourse_member_info *member = order_member(arguments->info, key);
  if (index >= 0) return cli_member_key(&bourse_schema_request()->members[index], out, out_size);
  return member != NULL ? cli_member_key(member, out, out_size) : key;
}

int cli_arguments_set(cli_arguments *arguments, const char *key, const char *value) {
  const bourse_operation_info *info = arguments->info;
  char name[64], *reason = NULL;
  const char *plain = plain_key(arguments, key, name, sizeof name);
  if (cli_arguments_has(arguments, plain)) return cli_fail(CLI_USAGE, "%s: %s is given twice", info->name, plain);
  arguments->keys = cli_grow((void *)arguments->keys, (arguments->key_count + 1) * sizeof *arguments->keys);
  arguments->keys[arguments->key_count++] = cli_own(arguments, cli_copy(plain));

  if (strncmp(key, "param.", 6) == 0) return add_param(arguments, key + 6, value);
  if (strncmp(key, "order.", 6) == 0 && order_member(info, key + 6) != NULL) {
    const bourse_member_info *forced = order_member(info, key + 6);
    return cli_value_set(&arguments->order, forced, key + 6, value, arguments, &reason)
               ? CLI_OK
               : fail_value(arguments, key, reason);
  }
  int index = request_member(info, key);
  const bourse_member_info *member = index >= 0 ? &bourse_schema_request()->members[index] : NULL;
  const bourse_member_info *in_order = order_member(info, key);
  if (member != NULL && !is_shown(info, member)) member = NULL;
  if (member != NULL && member->type == BOURSE_TYPE_RECORDS)
    return cli_orders_set(arguments, value, &reason) ? CLI_OK : fail_value(arguments, key, reason);
  /* client_order_id of an operation that names an order by it is that name, not the order's new one. */
  if (member != NULL && in_order != NULL && is_request_only(key)) in_order = NULL;
  if (member == NULL && in_order == NULL) return fail_unknown(arguments, key);
  if (member != NULL && !cli_value_set(&arguments->request, member, key, value, arguments, &reason))
    return fail_value(arguments, key, reason);
  if (in_order != NULL && !cli_value_set(&arguments->order, in_order, key, value, arguments, &reason))
    return fail_value(arguments, key, reason);
  return CLI_OK;
}

int cli_arguments_word(cli_arguments *arguments, const char *word) {
  size_t length = cli_key_length(word);
  if (length == 0) return cli_fail(CLI_USAGE, "%s: \"%s\" is not key=value", arguments->info->name, word);
  char *key = cli_copy_bytes(word, length);
  int code = cli_arguments_set(arguments, key, word + length + 1);
  free(key);
  return code;
}

int cli_arguments_check(const cli_arguments *arguments) {
  const bourse_struct_info *request = bourse_schema_request();
  char name[64];
  for (uint32_t i = 0; i < request->member_count; i++) {
    const bourse_member_info *member = &request->members[i];
    if (!(arguments->info->required & UINT64_C(1) << i) || !is_shown(arguments->info, member)) continue;
    if (cli_arguments_has(arguments, cli_member_key(member, name, sizeof name))) continue;
    cli_buffer allowed = {0};
    add_allowed(&allowed, arguments->info, ", ", 1);
    cli_fail(CLI_USAGE, "%s: %s is missing; arguments: %s", arguments->info->name, name, allowed.data);
    cli_free_buffer(&allowed);
    return CLI_USAGE;
  }
  return CLI_OK;
}

void cli_arguments_finish(cli_arguments *arguments) {
  if (arguments->info->flags & BOURSE_OPERATION_ORDER) {
    arguments->orders = cli_grow((void *)arguments->orders, sizeof *arguments->orders);
    arguments->orders[0] = &arguments->order;
    arguments->request.order_count = 1;
  }
  arguments->request.orders = arguments->orders;
  arguments->request.params = arguments->params;
}

const char *cli_arguments_symbol(const cli_arguments *arguments) {
  if (arguments->request.symbol != NULL) return arguments->request.symbol;
  if (arguments->request.order_count > 0 && arguments->request.orders != NULL)
    return arguments->request.orders[0]->symbol;
  return arguments->request.symbol_count > 0 ? arguments->request.symbols[0] : NULL;
}

static void describe(cli_buffer *out, const bourse_member_info *member, const char *name, int required) {
  static const char *const kinds[] = {
      "",       "text", "decimal number", "whole number", "whole number", "whole number",
      "yes|no", "",     "time",           "list,of,text", "JSON array",   "whole number"};
  cli_add_format(out, "  %-30s ", name);
  if (member->type == BOURSE_TYPE_ENUM) {
    for (uint32_t i = 0; i < member->enumeration->count; i++)
      cli_add_format(out, "%s%s", i > 0 ? "|" : "", member->enumeration->values[i].name);
  } else if ((size_t)member->type < sizeof(kinds) / sizeof(kinds[0])) {
    cli_add(out, kinds[member->type]);
  }
  cli_add(out, required ? "  (required)\n" : "\n");
}

void cli_arguments_describe(cli_buffer *out, const bourse_operation_info *info) {
  cli_buffer names = {0};
  add_allowed(&names, info, "\n", 0);
  char name[64];
  for (char *line = names.data, *next; line != NULL; line = next) {
    next = strchr(line, '\n');
    if (next != NULL) *next++ = '\0';
    const char *key = strncmp(line, "order.", 6) == 0 ? line + 6 : line;
    int index = key == line ? request_member(info, key) : -1;
    int from_order = key != line || (order_member(info, key) != NULL && !(index >= 0 && is_request_only(key)));
    const bourse_member_info *member = from_order ? order_member(info, key) : &bourse_schema_request()->members[index];
    int required = from_order ? info->operation == BOURSE_OP_CREATE_ORDER &&
                                    (strcmp(key, "symbol") == 0 || strcmp(key, "side") == 0 || strcmp(key, "type") == 0)
                              : (info->required & UINT64_C(1) << index) != 0;
    snprintf(name, sizeof name, "%s", line);
    describe(out, member, name, required);
  }
  cli_add_format(out, "  %-30s %s\n", "param.NAME", "text: a parameter in the exchange's own words");
  cli_add_format(out, "  %-30s %s\n", "param.NAME:", "JSON: the same, put into a JSON body as it stands");
  cli_free_buffer(&names);
}
