/* values.c - one argument from text into its member, and the JSON of orders=. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

void *cli_own(cli_arguments *arguments, void *memory) {
  arguments->owned = cli_grow(arguments->owned, (arguments->owned_count + 1) * sizeof *arguments->owned);
  arguments->owned[arguments->owned_count++] = memory;
  return memory;
}

const char *cli_member_key(const bourse_member_info *member, char *out, size_t out_size) {
  size_t length = strlen(member->name);
  if (member->type == BOURSE_TYPE_TIME_NS && length > 3) length -= 3;
  if (length >= out_size) length = out_size - 1;
  memcpy(out, member->name, length);
  out[length] = '\0';
  return out;
}

int cli_member_is(const bourse_member_info *member, const char *key) {
  char name[64];
  return strcmp(member->name, key) == 0 || strcmp(cli_member_key(member, name, sizeof name), key) == 0;
}

static int set_integer(int64_t *out, const char *value, int64_t least, int64_t most) {
  bourse_decimal number;
  const char *digits = value + (value[0] == '-');
  if (digits[0] == '\0' || digits[strspn(digits, "0123456789")] != '\0') return 0;
  return bourse_decimal_parse(&number, value, SIZE_MAX) == BOURSE_OK &&
         bourse_decimal_to_int64(out, &number) == BOURSE_OK && *out >= least && *out <= most;
}

static int set_time(int64_t *out, const bourse_member_info *member, const char *key, const char *value, char **reason) {
  int64_t number = 0;
  if (set_integer(&number, value, 0, INT64_MAX)) {
    /* A whole number is milliseconds, unless the key itself says nanoseconds. */
    int64_t unit = strcmp(key, member->name) == 0 ? 1 : 1000000;
    if (number <= INT64_MAX / unit) {
      *out = number * unit;
      return 1;
    }
  } else if (bourse_time_parse(out, value) == BOURSE_OK) {
    return 1;
  }
  *reason = cli_format(
      "\"%s\" is not a time: give ISO 8601 (2025-10-01, 2025-10-01T12:00:00Z) or milliseconds since 1970", value);
  return 0;
}

static int set_enum(int32_t *out, const bourse_member_info *member, const char *value, char **reason) {
  *out = bourse_enum_value_of(member->enumeration, value);
  if (*out != 0) return 1;
  cli_buffer text = {0};
  cli_add_format(&text, "\"%s\" is none of: ", value);
  for (uint32_t i = 0; i < member->enumeration->count; i++)
    cli_add_format(&text, "%s%s", i > 0 ? ", " : "", member->enumeration->values[i].name);
  *reason = text.data;
  return 0;
}

static int set_yes_no(int32_t *out, const char *value, char **reason) {
  if (strcmp(value, "yes") == 0 || strcmp(value, "true") == 0) {
    *out = BOURSE_YES;
  } else if (strcmp(value, "no") == 0 || strcmp(value, "false") == 0) {
    *out = BOURSE_NO;
  } else {
    *reason = cli_format("\"%s\" is none of: yes, no, true, false", value);
    return 0;
  }
  return 1;
}

static int set_strings(void *record, const bourse_member_info *member, const char *value, cli_arguments *arguments,
                       char **reason) {
  char **list = NULL;
  uint32_t count = cli_split(value, &list);
  cli_own(arguments, list[0]);
  cli_own(arguments, list);
  for (uint32_t i = 0; i < count; i++)
    if (list[i][0] == '\0') {
      *reason = cli_format("entry %u of the list is empty", i + 1);
      return 0;
    }
  memcpy((char *)record + member->offset, &list, sizeof list);
  memcpy((char *)record + member->count_offset, &count, sizeof count);
  return 1;
}

int cli_value_set(void *record, const bourse_member_info *member, const char *key, const char *value,
                  cli_arguments *arguments, char **reason) {
  char *place = (char *)record + member->offset;
  int64_t number = 0;
  if (value[0] == '\0') {
    *reason = cli_copy("the value is empty");
    return 0;
  }
  switch (member->type) {
    case BOURSE_TYPE_STRING: {
      const char *copy = cli_own(arguments, cli_copy(value));
      memcpy(place, &copy, sizeof copy);
      return 1;
    }
    case BOURSE_TYPE_DECIMAL: {
      int32_t code = bourse_decimal_parse((bourse_decimal *)(void *)place, value, SIZE_MAX);
      if (code != BOURSE_OK)
        *reason = cli_format(code == BOURSE_ERROR_OVERFLOW ? "\"%s\" has more digits than 128 bits hold"
                                                           : "\"%s\" is not a decimal number",
                             value);
      return code == BOURSE_OK;
    }
    case BOURSE_TYPE_UINT32:
      if (!set_integer(&number, value, 1, UINT32_MAX)) break;
      *(uint32_t *)(void *)place = (uint32_t)number;
      return 1;
    case BOURSE_TYPE_INT32:
      if (!set_integer(&number, value, INT32_MIN, INT32_MAX)) break;
      *(int32_t *)(void *)place = (int32_t)number;
      return 1;
    case BOURSE_TYPE_INT64:
    case BOURSE_TYPE_DURATION_NS:
      if (!set_integer(&number, value, INT64_MIN, INT64_MAX)) break;
      *(int64_t *)(void *)place = number;
      return 1;
    case BOURSE_TYPE_YES_NO: return set_yes_no((int32_t *)(void *)place, value, reason);
    case BOURSE_TYPE_ENUM: return set_enum((int32_t *)(void *)place, member, value, reason);
    case BOURSE_TYPE_TIME_NS: return set_time((int64_t *)(void *)place, member, key, value, reason);
    case BOURSE_TYPE_STRINGS: return set_strings(record, member, value, arguments, reason);
    default: *reason = cli_copy("it cannot be given this way"); return 0;
  }
  *reason = cli_format("\"%s\" is not a whole number%s", value,
                       member->type == BOURSE_TYPE_UINT32 ? " from 1 to 4294967295" : "");
  return 0;
}

/* --- orders=[{"symbol":"BTC/USDT","side":"buy",...}, ...] --- */

/* Text of a JSON scalar as a key=value word would have it; NULL when it is none. */
static char *scalar_text(bourse_json *json) {
  bourse_slice text;
  int32_t escaped = 0, value = 0;
  switch (bourse_json_kind(json)) {
    case BOURSE_JSON_STRING: {
      if (!bourse_json_string(json, &text, &escaped)) return NULL;
      char *out = cli_alloc(text.length + 1);
      int64_t length = bourse_json_unescape(out, text);
      if (length < 0 || strlen(out) != (size_t)length) {
        free(out);
        return NULL;
      }
      return out;
    }
    case BOURSE_JSON_NUMBER: return bourse_json_number(json, &text) ? cli_copy_bytes(text.data, text.length) : NULL;
    case BOURSE_JSON_TRUE:
    case BOURSE_JSON_FALSE: return bourse_json_bool(json, &value) ? cli_copy(value == BOURSE_YES ? "yes" : "no") : NULL;
    default: return NULL;
  }
}

static int read_member(cli_arguments *arguments, bourse_json *json, bourse_order_request *order, bourse_slice key,
                       uint32_t index, uint64_t *seen, char **reason) {
  const bourse_struct_info *info = bourse_schema_order_request();
  char name[64] = "";
  if (key.length < sizeof name) memcpy(name, key.data, key.length);
  for (uint32_t i = 0; i < info->member_count; i++) {
    const bourse_member_info *member = &info->members[i];
    if (!cli_member_is(member, name)) continue;
    if (*seen & UINT64_C(1) << i) {
      *reason = cli_format("order %u: %s is given twice", index, name);
      return 0;
    }
    *seen |= UINT64_C(1) << i;
    if (bourse_json_null(json)) return 1;
    char *text = scalar_text(json);
    if (text == NULL) {
      if (json->error == NULL)
        *reason = cli_format("order %u: %s is neither text, number, true nor false", index, name);
      return 0;
    }
    char *why = NULL;
    int ok = cli_value_set(order, member, name, text, arguments, &why);
    if (!ok) *reason = cli_format("order %u: %s: %s", index, name, why);
    free(why);
    free(text);
    return ok;
  }
  cli_buffer text = {0};
  cli_add_format(&text, "order %u: unknown member \"%.*s\"; allowed:", index, (int)(key.length < 64 ? key.length : 64),
                 key.data);
  for (uint32_t i = 0; i < info->member_count; i++)
    cli_add_format(&text, "%s %s", i > 0 ? "," : "", cli_member_key(&info->members[i], name, sizeof name));
  *reason = text.data;
  return 0;
}

static int read_orders(cli_arguments *arguments, bourse_json *json, char **reason) {
  if (!bourse_json_array_begin(json)) return 0;
  uint32_t count = 0;
  while (bourse_json_array_next(json)) {
    bourse_order_request *order = cli_own(arguments, cli_alloc(sizeof *order));
    bourse_order_request_init(order, sizeof *order);
    arguments->orders = cli_grow((void *)arguments->orders, (count + 1) * sizeof *arguments->orders);
    arguments->orders[count++] = order;
    bourse_slice key;
    uint64_t seen = 0;
    if (!bourse_json_object_begin(json)) return 0;
    while (bourse_json_object_next(json, &key))
      if (!read_member(arguments, json, order, key, count, &seen, reason)) return 0;
  }
  arguments->request.order_count = count;
  return 1;
}

int cli_orders_set(cli_arguments *arguments, const char *value, char **reason) {
  bourse_json json;
  size_t length = strlen(value);
  char *text = cli_own(arguments, cli_copy(value));
  bourse_json_init(&json, text, length);
  int ok = read_orders(arguments, &json, reason);
  if (*reason != NULL) return 0;
  if (!ok || bourse_json_finish(&json) != BOURSE_OK) {
    *reason = cli_format("not a JSON array of objects: %s at byte %zu",
                         json.error != NULL ? json.error : "wrong kind of value", json.error_offset);
    return 0;
  }
  if (arguments->request.order_count == 0) {
    *reason = cli_copy("the list is empty");
    return 0;
  }
  return 1;
}
