/* api/request.c - requests from callers: checked against the table of operations, copied, given client order ids. */
#include <bourse/request.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "api/rails.h"
#include "api/schema.h"

#define TEXT_MAX 512
#define COUNT_MAX 1000

/* Longest wait a caller may ask for: a day. */
#define TIMEOUT_MAX_MS 86400000

/* 2200-01-01: past it, adding a window to a time could overflow. */
#define TIME_MAX_NS INT64_C(7258118400000000000)

static uint32_t count_of(const void *base, const bourse_member_info *member) {
  uint32_t count = 0;
  if (member->count_offset != 0) memcpy(&count, (const char *)base + member->count_offset, sizeof count);
  return count;
}

/* Whether something is there that is not zero: of texts and lists, which are told by their counts, of decimals by their
 * flags. */
static int32_t is_given(const void *base, const bourse_member_info *member) {
  const uint32_t wide = 1u << BOURSE_TYPE_STRING | 1u << BOURSE_TYPE_INT64 | 1u << BOURSE_TYPE_TIME_NS | 1u << BOURSE_TYPE_DURATION_NS;
  const char *at = (const char *)base + (member->count_offset != 0 ? member->count_offset : member->offset);
  uint64_t large;
  uint32_t small;
  if ((wide >> member->type & 1) != 0) {
    memcpy(&large, at, sizeof large);
    return large != 0;
  }
  memcpy(&small, at + (member->type == BOURSE_TYPE_DECIMAL ? offsetof(bourse_decimal, flags) : 0), sizeof small);
  return small != 0;
}

/* Bit i: member i is given. */
static uint64_t given_members(const void *base, const bourse_struct_info *info) {
  uint64_t given = 0;
  for (uint32_t i = 0; i < info->member_count; i++) given |= (uint64_t)is_given(base, &info->members[i]) << i;
  return given;
}

static int32_t check_text(const char *name, const char *text, bourse__failure *failure) {
  if (text == NULL) return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, name, "%s holds a NULL string", name);
  size_t length = strnlen(text, TEXT_MAX + 1);
  if (length == 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, name, "%s is empty; give a value or leave it out", name);
  if (length > TEXT_MAX)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, name, "%s is longer than %d bytes", name, TEXT_MAX);
  if (!bourse__is_clean_text(text, length))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, name,
                               "%s is not clean text: \"%s\" (UTF-8 without control characters is allowed)", name, text);
  return BOURSE_OK;
}

static int32_t check_enum(const bourse_member_info *member, int32_t value, bourse__failure *failure) {
  if (value == 0 || bourse_enum_name(member->enumeration, value) != NULL) return BOURSE_OK;
  char allowed[200];
  size_t at = 0;
  allowed[0] = '\0';
  for (uint32_t i = 0; i < member->enumeration->count && at + 24 < sizeof allowed; i++)
    at += (size_t)snprintf(allowed + at, sizeof allowed - at, "%s%s (%d)", i == 0 ? "" : ", ",
                           member->enumeration->values[i].name, member->enumeration->values[i].value);
  return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, member->name, "%s is %d; allowed: %s", member->name, value,
                             allowed);
}

static int32_t check_decimal(const bourse_member_info *member, const bourse_decimal *value, bourse__failure *failure) {
  const uint32_t known = BOURSE_DECIMAL_PRESENT | BOURSE_DECIMAL_NEGATIVE;
  if (value->flags == 0) return BOURSE_OK;
  if ((value->flags & ~known) != 0 || (value->flags & BOURSE_DECIMAL_PRESENT) == 0 ||
      value->exponent < BOURSE_DECIMAL_EXPONENT_MIN || value->exponent > BOURSE_DECIMAL_EXPONENT_MAX)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, member->name,
                               "%s is not a decimal: flags %u, exponent %d (make it with bourse_decimal_parse)",
                               member->name, value->flags, value->exponent);
  if (bourse_decimal_sign(value) > 0) return BOURSE_OK;
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal_format(text, sizeof text, value);
  return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, member->name, "%s is %s; it must be above zero", member->name,
                             text);
}

static int32_t check_params(const bourse_request *request, bourse__failure *failure) {
  if (request->params == NULL)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "params", "param_count is %u and params is NULL",
                               request->param_count);
  for (uint32_t i = 0; i < request->param_count; i++) {
    const bourse_param *param = &request->params[i];
    int32_t code = check_text("params", param->name, failure);
    if (code != BOURSE_OK) return code;
    if (param->value == NULL || !bourse__is_clean_text(param->value, strlen(param->value)))
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "params", "the value of %s is %s", param->name,
                                 param->value == NULL ? "NULL" : "not clean UTF-8 text");
    if (param->json <= 0) continue;
    bourse_json json;
    bourse_json_init(&json, param->value, strlen(param->value));
    bourse_json_skip(&json);
    if (bourse_json_finish(&json) != BOURSE_OK)
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "params", "the value of %s is not JSON: %s", param->name,
                                 json.error == NULL ? "malformed" : json.error);
  }
  return BOURSE_OK;
}

static int32_t check_member(const void *base, const bourse_member_info *member, bourse__failure *failure) {
  const char *at = (const char *)base + member->offset;
  int32_t small = 0;
  int64_t large = 0;
  switch (member->type) {
    case BOURSE_TYPE_STRING: {
      const char *text;
      memcpy(&text, at, sizeof text);
      return check_text(member->name, text, failure);
    }
    case BOURSE_TYPE_STRINGS: {
      const char *const *texts;
      uint32_t count = count_of(base, member);
      memcpy(&texts, at, sizeof texts);
      if (texts == NULL || count > COUNT_MAX)
        return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, member->name, "%s has %u members%s; 1 to %d are allowed",
                                   member->name, count, texts == NULL ? " and is NULL" : "", COUNT_MAX);
      for (uint32_t i = 0; i < count; i++) {
        int32_t code = check_text(member->name, texts[i], failure);
        if (code != BOURSE_OK) return code;
      }
      return BOURSE_OK;
    }
    case BOURSE_TYPE_ENUM:
      memcpy(&small, at, sizeof small);
      return check_enum(member, small, failure);
    case BOURSE_TYPE_YES_NO:
      memcpy(&small, at, sizeof small);
      if (small >= BOURSE_NO && small <= BOURSE_YES) return BOURSE_OK;
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, member->name,
                                 "%s is %d; allowed: BOURSE_YES (1), BOURSE_NO (-1), 0", member->name, small);
    case BOURSE_TYPE_DECIMAL: return check_decimal(member, (const bourse_decimal *)(const void *)at, failure);
    case BOURSE_TYPE_TIME_NS:
      memcpy(&large, at, sizeof large);
      if (large >= 0 && large <= TIME_MAX_NS) return BOURSE_OK;
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, member->name,
                                 "%s is %" PRId64 "; nanoseconds since 1970 are wanted, up to the year 2200", member->name,
                                 large);
    case BOURSE_TYPE_PARAMS: return check_params(base, failure);
    default: return BOURSE_OK;
  }
}

static int32_t check_members(const void *base, const bourse_struct_info *info, uint64_t given, bourse__failure *failure) {
  for (uint32_t i = 0; given >> i != 0; i++) {
    if ((given >> i & 1) == 0) continue;
    int32_t code = check_member(base, &info->members[i], failure);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}

static int32_t check_arguments(const bourse_operation_info *info, const bourse_request *request,
                               bourse__failure *failure) {
  const bourse_struct_info *members = bourse_schema_request();
  uint64_t given = given_members(request, members);
  uint64_t wrong = (given & ~info->accepted) | (info->required & ~given);
  for (uint32_t i = 0; wrong >> i != 0; i++) {
    const char *name = members->members[i].name;
    if ((wrong >> i & 1) == 0) continue;
    if ((given >> i & 1) != 0)
      return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, name, "%s does not take %s", info->name, name);
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, name, "%s needs %s", info->name, name);
  }
  return check_members(request, members, given, failure);
}

/* What no single member shows. */
static int32_t check_together(const bourse_operation_info *info, const bourse_request *request,
                              bourse__failure *failure) {
  if (request->since_ns != 0 && request->until_ns != 0 && request->until_ns < request->since_ns)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "until_ns", "until_ns (%" PRId64 ") is before since_ns (%" PRId64 ")",
                               request->until_ns, request->since_ns);
  if (request->timeout_ms < 0 || request->timeout_ms > TIMEOUT_MAX_MS)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "timeout_ms", "timeout_ms is %" PRId64 "; 0 to %d are allowed",
                               request->timeout_ms, TIMEOUT_MAX_MS);
  if (request->limit > 1000000)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "limit", "limit is %u; 1 to 1000000 are allowed",
                               request->limit);
  int32_t one_order = info->operation == BOURSE_OP_CANCEL_ORDER || info->operation == BOURSE_OP_FETCH_ORDER ||
                      info->operation == BOURSE_OP_EDIT_ORDER || info->operation == BOURSE_OP_WAIT_ORDER;
  if (one_order && (request->order_id == NULL) == (request->client_order_id == NULL))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "order_id",
                               "%s needs order_id or client_order_id, and not both", info->name);
  if (info->operation == BOURSE_OP_CANCEL_ORDERS &&
      (request->order_id_count == 0) == (request->client_order_id_count == 0))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "order_ids",
                               "cancel_orders needs order_ids or client_order_ids, and not both");
  if (info->operation == BOURSE_OP_EDIT_ORDERS &&
      (request->order_id_count == 0) == (request->client_order_id_count == 0))
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "order_ids",
                               "edit_orders needs order_ids or client_order_ids, and not both");
  if (info->operation == BOURSE_OP_EDIT_ORDERS &&
      request->order_id_count + request->client_order_id_count != request->order_count)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "orders", "edit_orders got %u ids for %u orders",
                               request->order_id_count + request->client_order_id_count, request->order_count);
  if (info->operation == BOURSE_OP_CALL_RAW && request->path[0] != '/')
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "path", "path is \"%s\"; it must begin with a slash",
                               request->path);
  if (request->method != NULL && strcmp(request->method, "GET") != 0 && strcmp(request->method, "POST") != 0 &&
      strcmp(request->method, "PUT") != 0 && strcmp(request->method, "DELETE") != 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "method", "method is \"%s\"; allowed: GET, POST, PUT, DELETE",
                               request->method);
  return BOURSE_OK;
}

static int32_t check_order_members(const bourse_order_request *order, const bourse_operation_info *info,
                                   bourse__failure *failure) {
  const bourse_struct_info *members = bourse_schema_order_request();
  int32_t code = check_members(order, members, given_members(order, members), failure);
  if (code != BOURSE_OK) return code;
  int32_t edit = info->operation == BOURSE_OP_EDIT_ORDER || info->operation == BOURSE_OP_EDIT_ORDERS;
  if (order->symbol == NULL) return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "symbol", "%s needs symbol", info->name);
  if (edit) return BOURSE_OK;
  if (order->side == 0) return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "side", "%s needs side: buy or sell", info->name);
  if (order->type == 0)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "type", "%s needs type: market or limit", info->name);
  return BOURSE_OK;
}

static int32_t check_orders(const bourse_operation_info *info, const bourse_request *request, bourse__failure *failure) {
  uint32_t most = (info->flags & BOURSE_OPERATION_ORDER) != 0 ? 1 : 100;
  if (request->orders == NULL || request->order_count > most)
    return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "orders", "%s takes %s; %u were given", info->name,
                               most == 1 ? "one order" : "1 to 100 orders", request->orders == NULL ? 0 : request->order_count);
  for (uint32_t i = 0; i < request->order_count; i++) {
    bourse_order_request order;
    int32_t code = bourse__copy_stamped(&order, sizeof order, request->orders[i], "orders", failure);
    if (code == BOURSE_OK) code = check_order_members(&order, info, failure);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}

int32_t bourse__check_request(const bourse_exchange *exchange, const bourse_operation_info *info,
                              const bourse_request *request, bourse__failure *failure) {
  int32_t code = check_arguments(info, request, failure);
  if (code == BOURSE_OK) code = check_together(info, request, failure);
  if (code == BOURSE_OK && (info->flags & (BOURSE_OPERATION_ORDER | BOURSE_OPERATION_ORDERS)) != 0)
    code = check_orders(info, request, failure);
  if (code != BOURSE_OK) return code;
  if (info->operation != BOURSE_OP_CALL_RAW && !bourse_supports(exchange, info->operation, 0, 0))
    return bourse__failure_set(failure, BOURSE_ERROR_UNSUPPORTED, NULL, "%s has no %s", exchange->adapter->title, info->name);
  int32_t private = (info->flags & BOURSE_OPERATION_PRIVATE) != 0 ||
                    (info->operation == BOURSE_OP_CALL_RAW && request->is_public <= 0);
  if (private && exchange->signer == NULL && exchange->adapter->execute == NULL)
    return bourse__failure_set(failure, BOURSE_ERROR_CREDENTIALS, NULL,
                               "%s needs an API key and this handle was opened without one", info->name);
  if (info->operation == BOURSE_OP_WITHDRAW && exchange->allow_withdrawals <= 0)
    return bourse__failure_set(failure, BOURSE_ERROR_FORBIDDEN, NULL,
                               "withdrawals are off for this handle; open it with allow_withdrawals = BOURSE_YES");
  return bourse__rails_request(exchange, info, request, failure);
}

/* --- Copying --- */

static int32_t copy_strings(void *base, const bourse_member_info *member, bourse_arena *arena) {
  const char *const *texts;
  char *at = (char *)base + member->offset;
  uint32_t count = count_of(base, member);
  memcpy(&texts, at, sizeof texts);
  const char **copy = bourse_arena_alloc(arena, count * sizeof *copy);
  if (copy == NULL) return 0;
  for (uint32_t i = 0; i < count; i++)
    if ((copy[i] = bourse_arena_copy(arena, texts[i], strlen(texts[i]))) == NULL) return 0;
  memcpy(at, &copy, sizeof copy);
  return 1;
}

static int32_t copy_params(bourse_request *request, bourse_arena *arena) {
  bourse_param *copy = bourse_arena_alloc(arena, request->param_count * sizeof *copy);
  if (copy == NULL) return 0;
  for (uint32_t i = 0; i < request->param_count; i++) {
    copy[i] = request->params[i];
    copy[i].name = bourse_arena_copy(arena, copy[i].name, strlen(copy[i].name));
    copy[i].value = bourse_arena_copy(arena, copy[i].value, strlen(copy[i].value));
    if (copy[i].name == NULL || copy[i].value == NULL) return 0;
  }
  request->params = copy;
  return 1;
}

static int32_t copy_texts(void *base, const bourse_struct_info *info, bourse_arena *arena) {
  for (uint32_t i = 0; i < info->member_count; i++) {
    const bourse_member_info *member = &info->members[i];
    if (member->type == BOURSE_TYPE_STRING) {
      char *at = (char *)base + member->offset;
      const char *text;
      memcpy(&text, at, sizeof text);
      if (text == NULL) continue;
      text = bourse_arena_copy(arena, text, strlen(text));
      if (text == NULL) return 0;
      memcpy(at, &text, sizeof text);
    } else if (member->type == BOURSE_TYPE_STRINGS && count_of(base, member) > 0) {
      if (!copy_strings(base, member, arena)) return 0;
    }
  }
  return 1;
}

static int32_t is_client_id(const bourse_adapter *adapter, const char *id) {
  size_t length = strlen(id);
  if (length > adapter->client_id_max) return 0;
  for (size_t i = 0; i < length; i++) {
    char c = id[i];
    int32_t plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!plain && (adapter->client_id_extra == NULL || strchr(adapter->client_id_extra, c) == NULL)) return 0;
  }
  return 1;
}

static int32_t check_client_id(const bourse_adapter *adapter, const char *id, bourse__failure *failure) {
  if (is_client_id(adapter, id)) return BOURSE_OK;
  return bourse__failure_set(failure, BOURSE_ERROR_ARGUMENT, "client_order_id",
                             "client_order_id is \"%s\"; %s allows 1 to %u of A-Z a-z 0-9 %s", id, adapter->title,
                             adapter->client_id_max, adapter->client_id_extra == NULL ? "" : adapter->client_id_extra);
}

/* A time and randomness: unique across restarts and processes, and it sorts by age. */
int32_t bourse__make_client_id(bourse_exchange *exchange, char *out, size_t out_size) {
  static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  const bourse_adapter *adapter = exchange->adapter;
  const bourse_random *random = &exchange->context->random;
  uint8_t bytes[24];
  random->fill(random->user_data, bytes, sizeof bytes);
  if (adapter->client_id_format == BOURSE_CLIENT_ID_UUID) {
    if (out_size < 37) return BOURSE_ERROR_INTERNAL;
    snprintf(out, out_size, "%02x%02x%02x%02x-%02x%02x-4%01x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", bytes[0], bytes[1],
             bytes[2], bytes[3], bytes[4], bytes[5], bytes[6] & 15, bytes[7], (bytes[8] & 0x3F) | 0x80, bytes[9],
             bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]);
    return BOURSE_OK;
  }
  size_t length = adapter->client_id_max < 26 ? adapter->client_id_max : 26;
  if (length < 12 || out_size <= length) return BOURSE_ERROR_INTERNAL;
  uint64_t milliseconds = (uint64_t)(exchange->context->clock.now_ns(exchange->context->clock.user_data) / 1000000);
  out[0] = 'b';
  for (size_t i = 8; i >= 1; i--, milliseconds /= 36) out[i] = digits[milliseconds % 36];
  for (size_t i = 9; i < length; i++) out[i] = digits[bytes[i - 9] % 36];
  out[length] = '\0';
  return BOURSE_OK;
}

static int32_t copy_orders(bourse_request *request, const bourse_operation_info *info, bourse_exchange *exchange,
                           bourse_arena *arena, int32_t *made_all, bourse__failure *failure) {
  const bourse_order_request **orders = bourse_arena_alloc(arena, request->order_count * sizeof *orders);
  int32_t edit = info->operation == BOURSE_OP_EDIT_ORDER || info->operation == BOURSE_OP_EDIT_ORDERS;
  if (orders == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  for (uint32_t i = 0; i < request->order_count; i++) {
    bourse_order_request *order = bourse_arena_alloc(arena, sizeof *order);
    if (order == NULL) return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
    int32_t code = bourse__copy_stamped(order, sizeof *order, request->orders[i], "orders", failure);
    if (code != BOURSE_OK) return code;
    if (!copy_texts(order, bourse_schema_order_request(), arena))
      return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
    *made_all &= order->client_order_id == NULL;
    if (order->client_order_id != NULL) {
      code = check_client_id(exchange->adapter, order->client_order_id, failure);
    } else if (!edit) {
      char id[80];
      code = bourse__make_client_id(exchange, id, sizeof id);
      order->client_order_id = code == BOURSE_OK ? bourse_arena_copy(arena, id, strlen(id)) : NULL;
      if (order->client_order_id == NULL)
        code = bourse__failure_set(failure, code == BOURSE_OK ? BOURSE_ERROR_MEMORY : code, "client_order_id",
                                   "no client order id could be made");
    }
    if (code != BOURSE_OK) return code;
    orders[i] = order;
  }
  request->orders = orders;
  return BOURSE_OK;
}

int32_t bourse__copy_request(bourse_request *out, const bourse_request *request, const bourse_operation_info *info,
                             bourse_exchange *exchange, bourse_arena *arena, int32_t *made_ids, bourse__failure *failure) {
  *out = *request;
  *made_ids = request->order_count > 0;
  if (!copy_texts(out, bourse_schema_request(), arena) || (out->param_count > 0 && !copy_params(out, arena)))
    return bourse__failure_set(failure, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  if (out->order_count > 0) {
    int32_t code = copy_orders(out, info, exchange, arena, made_ids, failure);
    if (code != BOURSE_OK) return code;
  }
  int32_t makes_id = info->operation == BOURSE_OP_CREATE_ORDER_LIST || info->operation == BOURSE_OP_CLOSE_POSITION;
  if (makes_id && out->client_order_id != NULL) return check_client_id(exchange->adapter, out->client_order_id, failure);
  if (makes_id) {
    char id[80];
    int32_t code = bourse__make_client_id(exchange, id, sizeof id);
    out->client_order_id = code == BOURSE_OK ? bourse_arena_copy(arena, id, strlen(id)) : NULL;
    if (out->client_order_id == NULL)
      return bourse__failure_set(failure, code == BOURSE_OK ? BOURSE_ERROR_MEMORY : code, "client_order_id",
                                 "no client order id could be made");
  }
  return BOURSE_OK;
}
