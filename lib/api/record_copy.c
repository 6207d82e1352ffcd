/* api/record_copy.c - records copied whole, and sparse ones completed from what was known before, by the schema. */
#include <string.h>

#include "api/streaming.h"

static int32_t copy_string(bourse_arena *arena, char *at) {
  const char *text;
  memcpy(&text, at, sizeof text);
  if (text == NULL) return 1;
  text = bourse_arena_copy(arena, text, strlen(text));
  memcpy(at, &text, sizeof text);
  return text != NULL;
}

static int32_t copy_records(bourse_arena *arena, const bourse_member_info *member, char *record) {
  const bourse_struct_info *info = bourse_schema_record(member->kind);
  const char *items;
  uint32_t count;
  memcpy(&items, record + member->offset, sizeof items);
  memcpy(&count, record + member->count_offset, sizeof count);
  if (items == NULL || count == 0) return 1;
  char *copy = bourse_arena_alloc(arena, (size_t)count * info->size);
  for (uint32_t i = 0; copy != NULL && i < count; i++)
    if (!bourse__record_copy(arena, info, copy + (size_t)i * info->size, items + (size_t)i * info->size)) return 0;
  memcpy(record + member->offset, &copy, sizeof copy);
  return copy != NULL;
}

int32_t bourse__record_copy(bourse_arena *arena, const bourse_struct_info *info, void *out, const void *record) {
  memcpy(out, record, info->size);
  for (uint32_t i = 0; i < info->member_count; i++) {
    const bourse_member_info *member = &info->members[i];
    int32_t well = 1;
    if (member->type == BOURSE_TYPE_STRING) well = copy_string(arena, (char *)out + member->offset);
    if (member->type == BOURSE_TYPE_RECORDS) well = copy_records(arena, member, out);
    if (!well) return 0;
  }
  return 1;
}

static size_t size_of(const bourse_member_info *member) {
  switch (member->type) {
    case BOURSE_TYPE_STRING:
    case BOURSE_TYPE_RECORDS: return sizeof(void *);
    case BOURSE_TYPE_DECIMAL: return sizeof(bourse_decimal);
    case BOURSE_TYPE_INT64:
    case BOURSE_TYPE_TIME_NS:
    case BOURSE_TYPE_DURATION_NS: return sizeof(int64_t);
    default: return sizeof(int32_t);
  }
}

int32_t bourse__member_is_open(const bourse_member_info *member, const char *at) {
  static const char zero[sizeof(int64_t)];
  if (member->type == BOURSE_TYPE_DECIMAL) return !bourse_decimal_is_present((const bourse_decimal *)(const void *)at);
  return memcmp(at, zero, size_of(member)) == 0;
}

void bourse__record_merge(const bourse_struct_info *info, void *record, const void *before) {
  for (uint32_t i = 0; i < info->member_count; i++) {
    const bourse_member_info *member = &info->members[i];
    char *at = (char *)record + member->offset;
    if (!bourse__member_is_open(member, at)) continue;
    memcpy(at, (const char *)before + member->offset, size_of(member));
    if (member->type == BOURSE_TYPE_RECORDS)
      memcpy((char *)record + member->count_offset, (const char *)before + member->count_offset, sizeof(uint32_t));
  }
}
