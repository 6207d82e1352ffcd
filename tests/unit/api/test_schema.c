/* The tables of members must name every member: a struct's bytes are all accounted for. */
#include <bourse.h>
#include <bourse/sys/schema.h>

#include "api/schema.h"
#include "test.h"

static uint32_t size_of(const bourse_member_info *member) {
  switch (member->type) {
    case BOURSE_TYPE_STRING:
    case BOURSE_TYPE_STRINGS:
    case BOURSE_TYPE_RECORDS:
    case BOURSE_TYPE_PARAMS: return (uint32_t)sizeof(void *);
    case BOURSE_TYPE_DECIMAL: return (uint32_t)sizeof(bourse_decimal);
    case BOURSE_TYPE_INT64:
    case BOURSE_TYPE_TIME_NS:
    case BOURSE_TYPE_DURATION_NS: return 8;
    default: return 4;
  }
}

/* Marks the bytes of a member and of its count. */
static void mark(unsigned char *bytes, const bourse_struct_info *info, const bourse_member_info *member) {
  CHECK(member->offset + size_of(member) <= info->size);
  for (uint32_t i = 0; i < size_of(member); i++) {
    if (bytes[member->offset + i]) TEST_FAIL("%s.%s overlaps another member", info->name, member->name);
    bytes[member->offset + i] = 1;
  }
  if (member->count_offset != 0) memset(bytes + member->count_offset, 1, 4);
}

/* Bytes that no member accounts for. Each struct may have at most `allowed` of them: padding, stamps, reserved members. */
static uint32_t unmarked(const bourse_struct_info *info) {
  unsigned char bytes[4096] = {0};
  uint32_t free_bytes = 0;
  for (uint32_t i = 0; i < info->member_count; i++) mark(bytes, info, &info->members[i]);
  for (uint32_t i = 0; i < info->size; i++) free_bytes += !bytes[i];
  return free_bytes;
}

TEST(every_member_of_every_record_is_listed) {
  /* Eight bytes is what one forgotten pointer or time would leave; reserved members and padding leave four. */
  for (uint32_t i = 0; bourse_schema_record_at(i) != NULL; i++) {
    const bourse_struct_info *info = bourse_schema_record_at(i);
    uint32_t allowed = info->kind == BOURSE_KIND_POSITION ? 8 : 4;
    if (unmarked(info) > allowed) TEST_FAIL("%s has %u bytes without a member", info->name, unmarked(info));
  }
}

TEST(every_member_of_the_requests_is_listed) {
  /* Stamps, operation, callback and user data, reserved. */
  CHECK_INT(unmarked(bourse_schema_request()), 4 + 4 + 4 + 8 + 8 + 4);
  CHECK_INT(unmarked(bourse_schema_order_request()), 4 + 4);
}

TEST(argument_numbers_are_the_places_of_members) {
  const bourse_struct_info *request = bourse_schema_request();
  CHECK_STR(request->members[ARG_SYMBOL].name, "symbol");
  CHECK_STR(request->members[ARG_ORDERS].name, "orders");
  CHECK_STR(request->members[ARG_SINCE].name, "since_ns");
  CHECK_STR(request->members[ARG_TIMER].name, "timer_ms");
  CHECK_STR(request->members[ARG_LIST_KIND].name, "list_kind");
  CHECK_STR(request->members[ARG_KEEP_RAW].name, "keep_raw");
  CHECK_INT(request->member_count, ARG_KEEP_RAW + 1);
}

TEST(operations_are_found_by_number_and_name) {
  uint32_t count = 0;
  for (const bourse_operation_info *info; (info = bourse_schema_operation_at(count)) != NULL; count++) {
    CHECK_INT(bourse_operation_by_name(info->name), info->operation);
    CHECK_STR(bourse_operation_name(info->operation), info->name);
    CHECK((info->accepted & info->required) == info->required);
    CHECK(info->kind == BOURSE_KIND_RAW || bourse_schema_record(info->kind) != NULL);
    if ((info->flags & BOURSE_OPERATION_MONEY) != 0) CHECK((info->flags & BOURSE_OPERATION_ACTS) != 0);
  }
  CHECK(count > 70);
  CHECK(bourse_operation_name(9999) == NULL);
  CHECK_INT(bourse_operation_by_name("fetch_nothing"), 0);
  CHECK_INT(bourse_operation_by_name(NULL), 0);
}

TEST(constants_are_found_by_name) {
  uint32_t count = 0;
  int64_t value = 7;
  for (const char *name, *last = ""; (name = bourse_constant_name(count)) != NULL; last = name, count++) {
    CHECK(strcmp(last, name) < 0); /* they are searched by halves */
    CHECK_INT(bourse_constant(&value, name), BOURSE_OK);
  }
  CHECK(count > 300);
  CHECK_INT(bourse_constant(&value, "BOURSE_OP_FETCH_TICKER"), BOURSE_OK);
  CHECK_INT(value, BOURSE_OP_FETCH_TICKER);
  CHECK_INT(bourse_constant(&value, "BOURSE_NO"), BOURSE_OK);
  CHECK_INT(value, BOURSE_NO);
  CHECK_INT(bourse_constant(&value, "BOURSE_ERROR_INTERNAL"), BOURSE_OK);
  CHECK_INT(value, BOURSE_ERROR_INTERNAL);
  CHECK_INT(bourse_constant(&value, "BOURSE_NOTHING"), BOURSE_ERROR_UNKNOWN_NAME);
  CHECK_INT(value, 0);
  CHECK_INT(bourse_constant(&value, NULL), BOURSE_ERROR_UNKNOWN_NAME);
  CHECK_INT(bourse_constant(NULL, "BOURSE_NO"), BOURSE_ERROR_ARGUMENT);
}

TEST(values_have_names) {
  const bourse_enumeration *last = NULL;
  for (uint32_t i = 0; bourse_schema_enumeration_at(i) != NULL; i++) {
    last = bourse_schema_enumeration_at(i);
    for (uint32_t k = 0; k < last->count; k++)
      CHECK_INT(bourse_enum_value_of(last, last->values[k].name), last->values[k].value);
    CHECK(bourse_enum_name(last, 99) == NULL);
    CHECK_INT(bourse_enum_value_of(last, "nonsense"), 0);
  }
  CHECK(last != NULL);
}

TEST(a_record_becomes_json) {
  char out[2048];
  bourse_balance balance = {.currency = "B\"TC", .wallet = BOURSE_WALLET_FUNDING, .time_ns = INT64_C(1700000000123000000)};
  bourse_decimal_parse(&balance.free, "0.10", SIZE_MAX);
  int64_t length = bourse_record_json(out, sizeof out, BOURSE_KIND_BALANCE, &balance);
  CHECK_INT(length, strlen(out));
  CHECK(strstr(out, "\"currency\":\"B\\\"TC\",\"symbol\":null,\"wallet\":\"funding\"") != NULL);
  CHECK(strstr(out, "\"time_ns\":\"2023-11-14T22:13:20.123000000Z\",\"total\":null,\"free\":\"0.10\"") != NULL);
  CHECK_INT(bourse_record_json(NULL, 0, BOURSE_KIND_BALANCE, &balance), length);
  CHECK_INT(bourse_record_json(out, sizeof out, 999, &balance), BOURSE_ERROR_ARGUMENT);
}

TEST_MAIN()
