/* Records as columns: held to the rules of the Arrow C data interface by a checker, and to the records they came from. */
#include <bourse.h>
#include <bourse/arrow.h>

#include <inttypes.h>
#include <pthread.h>

#include "api/api.h"
#include "test.h"

/* --- The specification's rules --- */

static int64_t bit_at(const void *map, int64_t index) { return ((const uint8_t *)map)[index / 8] >> (index % 8) & 1; }

static int64_t buffers_of(const char *format) {
  if (strcmp(format, "+s") == 0) return 1;
  if (strcmp(format, "u") == 0) return 3;
  return 2; /* lists, and what has a fixed width */
}

static int known_format(const char *format) {
  static const char *const all[] = {"+s", "+l", "u", "b", "i", "I", "l", "tsn:UTC", "tDn"};
  int scale, used = 0;
  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    if (strcmp(all[i], format) == 0) return 1;
  return sscanf(format, "d:38,%d%n", &scale, &used) == 1 && format[used] == '\0' && scale >= 0 && scale <= 38;
}

static void check_offsets(const int32_t *offsets, int64_t length, int64_t end) {
  CHECK_INT(offsets[0], 0);
  for (int64_t i = 0; i < length; i++) CHECK(offsets[i] <= offsets[i + 1]);
  CHECK(end < 0 || offsets[length] == end);
}

static void check_node(const struct ArrowSchema *schema, const struct ArrowArray *array) {
  CHECK(schema->release != NULL && array->release != NULL);
  CHECK(schema->format != NULL && known_format(schema->format));
  CHECK(schema->name != NULL);
  CHECK(schema->dictionary == NULL && array->dictionary == NULL && schema->metadata == NULL);
  CHECK((schema->flags & ~ARROW_FLAG_NULLABLE) == 0);
  CHECK(array->length >= 0 && array->offset == 0 && array->null_count >= 0);
  CHECK_INT(array->n_buffers, buffers_of(schema->format));
  CHECK_INT(array->n_children, schema->n_children);
  CHECK_INT(schema->n_children > 0, schema->format[0] == '+');
  CHECK(array->null_count == 0 || (schema->flags & ARROW_FLAG_NULLABLE) != 0);
  const void *valid = array->buffers[0];
  int64_t nulls = 0;
  for (int64_t i = 0; valid != NULL && i < array->length; i++) nulls += !bit_at(valid, i);
  CHECK_INT(array->null_count, nulls);
  for (int64_t i = 0; i < array->n_buffers; i++) {
    CHECK(i == 0 || array->buffers[i] != NULL);
    CHECK((uintptr_t)array->buffers[i] % 8 == 0);
  }
  if (strcmp(schema->format, "u") == 0) check_offsets(array->buffers[1], array->length, -1);
  if (strcmp(schema->format, "+l") == 0) check_offsets(array->buffers[1], array->length, array->children[0]->length);
  for (int64_t i = 0; i < array->n_children; i++) {
    if (strcmp(schema->format, "+s") == 0) CHECK_INT(array->children[i]->length, array->length);
    check_node(schema->children[i], array->children[i]);
  }
}

/* --- Beside the records --- */

static void text_of(char *out, const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t row) {
  int scale = 0;
  out[0] = '\0';
  if (array->buffers[0] != NULL && !bit_at(array->buffers[0], row)) return;
  if (strcmp(schema->format, "u") == 0) {
    const int32_t *offsets = array->buffers[1];
    snprintf(out, 256, "%.*s", (int)(offsets[row + 1] - offsets[row]), (const char *)array->buffers[2] + offsets[row]);
  } else if (sscanf(schema->format, "d:38,%d", &scale) == 1) {
    const uint64_t *words = (const uint64_t *)array->buffers[1] + 2 * row;
    bourse_decimal value = {words[0], words[1], -scale, BOURSE_DECIMAL_PRESENT};
    if ((words[1] >> 63) != 0) {
      value.low = ~words[0] + 1;
      value.high = ~words[1] + (value.low == 0);
      value.flags |= BOURSE_DECIMAL_NEGATIVE;
    }
    bourse_decimal_trim(&value, &value);
    bourse_decimal_format(out, 256, &value);
  } else if (schema->format[0] == 'l' || schema->format[0] == 't') {
    snprintf(out, 256, "%" PRId64, ((const int64_t *)array->buffers[1])[row]);
  } else if (schema->format[0] == 'b') {
    snprintf(out, 256, "%s", bit_at(array->buffers[1], row) ? "true" : "false");
  } else {
    snprintf(out, 256, "%" PRId32, ((const int32_t *)array->buffers[1])[row]);
  }
}

/* What the record has there, in the same words. */
static void text_of_record(char *out, const bourse_member_info *member, const char *record) {
  bourse_decimal value;
  const char *text;
  int64_t wide;
  int32_t narrow;
  out[0] = '\0';
  memcpy(&narrow, record + member->offset, sizeof narrow);
  switch (member->type) {
    case BOURSE_TYPE_DECIMAL:
      memcpy(&value, record + member->offset, sizeof value);
      bourse_decimal_trim(&value, &value);
      bourse_decimal_format(out, 256, &value);
      break;
    case BOURSE_TYPE_STRING:
      memcpy(&text, record + member->offset, sizeof text);
      if (text != NULL) snprintf(out, 256, "%s", text);
      break;
    case BOURSE_TYPE_ENUM:
      text = bourse_enum_name(member->enumeration, narrow);
      if (text != NULL) snprintf(out, 256, "%s", text);
      break;
    case BOURSE_TYPE_ERROR:
      if (narrow != 0) snprintf(out, 256, "%s", bourse_error_name(narrow));
      break;
    case BOURSE_TYPE_YES_NO:
      if (narrow != 0) snprintf(out, 256, "%s", narrow > 0 ? "true" : "false");
      break;
    case BOURSE_TYPE_INT64:
    case BOURSE_TYPE_TIME_NS:
    case BOURSE_TYPE_DURATION_NS:
      memcpy(&wide, record + member->offset, sizeof wide);
      if (wide != 0 || member->type == BOURSE_TYPE_INT64) snprintf(out, 256, "%" PRId64, wide);
      break;
    default: snprintf(out, 256, "%" PRId32, narrow);
  }
}

static void check_members(const bourse_struct_info *info, const char *record, const struct ArrowSchema *schema,
                          const struct ArrowArray *array, int64_t row) {
  CHECK_INT(schema->n_children, info->member_count);
  for (uint32_t i = 0; i < info->member_count; i++) {
    const bourse_member_info *member = &info->members[i];
    char there[256], here[256];
    CHECK_STR(schema->children[i]->name, member->name);
    if (member->type == BOURSE_TYPE_RECORDS || member->type == BOURSE_TYPE_STRINGS) {
      const struct ArrowArray *list = array->children[i];
      const int32_t *offsets = list->buffers[1];
      uint32_t count;
      const char *items;
      memcpy(&count, record + member->count_offset, sizeof count);
      memcpy(&items, record + member->offset, sizeof items);
      CHECK_INT(offsets[row + 1] - offsets[row], count);
      const bourse_struct_info *inner = bourse_schema_record(member->kind);
      for (uint32_t k = 0; member->type == BOURSE_TYPE_RECORDS && k < count; k++)
        check_members(inner, items + (size_t)k * inner->size, schema->children[i]->children[0], list->children[0],
                      offsets[row] + (int64_t)k);
      continue;
    }
    text_of(there, schema->children[i], array->children[i], row);
    text_of_record(here, member, record);
    CHECK_STR(there, here);
  }
}

static void check_result(bourse_result *result) {
  struct ArrowSchema schema;
  struct ArrowArray array;
  CHECK_INT(bourse_result_export_arrow(&schema, &array, result), BOURSE_OK);
  CHECK_STR(schema.format, "+s");
  CHECK_INT(array.length, bourse_result_count(result));
  check_node(&schema, &array);
  for (uint32_t i = 0; i < bourse_result_count(result); i++)
    check_members(bourse_schema_record(bourse_result_kind(result)), bourse_result_record(result, i), &schema, &array,
                  i);
  array.release(&array);
  schema.release(&schema);
  CHECK(array.release == NULL && schema.release == NULL);
  bourse_result_free(result);
}

TEST(what_exchanges_give_is_the_same_in_columns) {
  bourse_context *context = NULL;
  bourse_exchange *paper = NULL;
  bourse_result *result = NULL;
  bourse_order_request order = BOURSE_ORDER_REQUEST_INIT;
  CHECK_INT(bourse_context_new(&context, NULL), BOURSE_OK);
  CHECK_INT(bourse_open(&paper, context, "paper", NULL), BOURSE_OK);
  order.symbol = "BTC/USDT";
  order.side = BOURSE_SIDE_BUY;
  order.type = BOURSE_ORDER_MARKET;
  CHECK_INT(bourse_decimal_parse(&order.amount, "0.01", SIZE_MAX), BOURSE_OK);
  for (int i = 0; i < 3; i++) {
    CHECK_INT(bourse_create_order(&result, paper, &order), BOURSE_OK);
    check_result(result);
  }
  CHECK_INT(bourse_fetch_candles(&result, paper, "BTC/USDT", "1m", 0, 50), BOURSE_OK);
  check_result(result);
  CHECK_INT(bourse_fetch_trades(&result, paper, "BTC/USDT", 0, 20), BOURSE_OK);
  check_result(result);
  CHECK_INT(bourse_fetch_my_trades(&result, paper, "BTC/USDT", 0, 0), BOURSE_OK);
  CHECK(bourse_result_count(result) >= 3);
  check_result(result);
  CHECK_INT(bourse_fetch_orders(&result, paper, "BTC/USDT", 0, 0), BOURSE_OK);
  check_result(result);
  CHECK_INT(bourse_fetch_balances(&result, paper, 0), BOURSE_OK);
  check_result(result);
  CHECK_INT(bourse_fetch_order_book(&result, paper, "BTC/USDT", 10), BOURSE_OK);
  check_result(result);
  CHECK_INT(bourse_fetch_markets(&result, paper, 0), BOURSE_OK);
  check_result(result);
  CHECK_INT(bourse_fetch_open_orders(&result, paper, NULL), BOURSE_OK);
  CHECK_INT(bourse_result_count(result), 0); /* no rows are columns too */
  check_result(result);
  bourse_close(paper);
  bourse_context_free(context);
}

/* --- Numbers at the edges --- */

static bourse_result *candles_of(const char *const *opens, size_t count) {
  bourse_result *result = bourse__result_new(&bourse__default_allocator, BOURSE_OP_FETCH_CANDLES, BOURSE_KIND_CANDLE);
  for (size_t i = 0; i < count; i++) {
    bourse_candle *candle = bourse__result_append(result);
    if (opens[i][0] != '\0') CHECK_INT(bourse_decimal_parse(&candle->open, opens[i], SIZE_MAX), BOURSE_OK);
  }
  return result;
}

static const char *format_of_open(bourse_result *result, int32_t code) {
  static char format[16];
  struct ArrowSchema schema;
  struct ArrowArray array;
  format[0] = '\0';
  CHECK_INT(bourse_result_export_arrow(&schema, &array, result), code);
  for (int64_t i = 0; code == BOURSE_OK && i < schema.n_children; i++)
    if (strcmp(schema.children[i]->name, "open") == 0)
      snprintf(format, sizeof format, "%s", schema.children[i]->format);
  CHECK((schema.release != NULL) == (code == BOURSE_OK));
  if (schema.release != NULL) schema.release(&schema);
  if (array.release != NULL) array.release(&array);
  bourse_result_free(result);
  return format;
}

TEST(decimals_keep_their_digits_and_their_sign) {
  static const char *const mixed[] = {"60000.10", "-0.00000012", "", "0", "12e3", "99999999999999999999999999999"};
  static const char *const zeros[] = {"1.00000000000000000000000000000000000000", "123456789012345678.5"};
  static const char *const large[] = {"99999999999999999999999999999999999999",
                                      "-99999999999999999999999999999999999999"};
  static const char *const too_large[] = {"100000000000000000000000000000000000000"};
  static const char *const apart[] = {"99999999999999999999999999999999999999", "0.1"};
  static const char *const tiny[] = {"1e-39"};
  CHECK_STR(format_of_open(candles_of(mixed, 6), BOURSE_OK), "d:38,8");
  check_result(candles_of(mixed, 6));
  CHECK_STR(format_of_open(candles_of(zeros, 2), BOURSE_OK), "d:38,1"); /* zeros that do not fit go */
  check_result(candles_of(zeros, 2));
  CHECK_STR(format_of_open(candles_of(large, 2), BOURSE_OK), "d:38,0");
  check_result(candles_of(large, 2));
  format_of_open(candles_of(too_large, 1), BOURSE_ERROR_OVERFLOW);
  format_of_open(candles_of(apart, 2), BOURSE_ERROR_OVERFLOW);
  format_of_open(candles_of(tiny, 1), BOURSE_ERROR_OVERFLOW);
}

/* --- Releasing --- */

static void *release_elsewhere(void *array) {
  struct ArrowArray *moved = array;
  moved->release(moved);
  return NULL;
}

TEST(columns_may_be_moved_out_and_outlive_all_else) {
  static const char *const opens[] = {"1.5", "2.5", "3.5"};
  bourse_result *result = candles_of(opens, 3);
  struct ArrowSchema schema, moved_schema;
  struct ArrowArray array, moved;
  char text[256];
  pthread_t thread;
  int64_t at = 0;
  CHECK_INT(bourse_result_export_arrow(&schema, &array, result), BOURSE_OK);
  bourse_result_free(result);
  while (strcmp(schema.children[at]->name, "open") != 0) at++;
  moved_schema = *schema.children[at];
  moved = *array.children[at];
  schema.children[at]->release = NULL; /* what the specification asks of who moves */
  array.children[at]->release = NULL;
  schema.release(&schema);
  array.release(&array);
  text_of(text, &moved_schema, &moved, 1);
  CHECK_STR(text, "2.5");
  moved_schema.release(&moved_schema);
  CHECK_INT(pthread_create(&thread, NULL, release_elsewhere, &moved), 0);
  CHECK_INT(pthread_join(thread, NULL), 0);
}

TEST(what_has_no_records_is_refused) {
  struct ArrowSchema schema;
  struct ArrowArray array;
  bourse_result *raw = bourse__result_new(&bourse__default_allocator, BOURSE_OP_CALL_RAW, BOURSE_KIND_RAW);
  CHECK_INT(bourse_result_export_arrow(&schema, &array, NULL), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_result_export_arrow(&schema, &array, raw), BOURSE_ERROR_ARGUMENT);
  CHECK(schema.release == NULL && array.release == NULL);
  CHECK_INT(bourse_result_export_arrow(NULL, &array, raw), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse_result_export_arrow(&schema, NULL, raw), BOURSE_ERROR_ARGUMENT);
  bourse_result_free(raw);
}

TEST_MAIN()
