/* core/decode_levels.c - levels of books: arrays of rows, or of objects, of two numbers. Most are in one of few forms, which are
 * read where they stand. */
#include <bourse/error.h>
#include <bourse/market.h>
#include <bourse/sys/decode.h>

#include "core/arena.h"
#include "core/decode.h"
#include "core/decode_parts.h"

#define LEVELS_FIRST 64
#define LEVEL_TAIL   64 /* of the input's end, what is copied to read a last level */
#define LEVEL_LENGTH 24 /* from a level's bracket to the second number of two short ones, at most */

/* Levels in the arena. While nothing else is put there, the array grows where it stands. */
typedef struct level_array {
  bourse_level *levels;
  uint32_t count;
  uint32_t capacity;
} level_array;

static int32_t grow_levels(bourse_arena *arena, level_array *array) {
  const size_t size = sizeof(bourse_level);
  uint32_t capacity = array->capacity == 0 ? LEVELS_FIRST : array->capacity * 2;
  size_t more = (capacity - array->capacity) * size;
  if (capacity > UINT32_MAX / 2) return 0;
  if (array->capacity != 0 && arena->cursor == (char *)(array->levels + array->capacity) &&
      (size_t)(arena->end - arena->cursor) >= more) {
    arena->cursor += more;
  } else {
    bourse_level *levels = bourse__arena_take_aligned(arena, capacity * size);
    if (levels == NULL) return 0;
    if (array->count != 0) memcpy(levels, array->levels, array->count * size);
    array->levels = levels;
  }
  array->capacity = capacity;
  return 1;
}

static const char *read_level_decimal(bourse_decoder *decoder, const char *p, const char *name, bourse_decimal *out) {
  const bourse_field field = {name, 0, 0, BOURSE_AS_DECIMAL, BOURSE_FIELD_REQUIRED, NULL, NULL, NULL};
  return bourse__decode_value_at(decoder, &field, p, out);
}

/* One level in any form; `p` stands on its bracket. Returns the place behind it. */
static const char *read_level_any(bourse_decoder *decoder, const char *p, bourse_level *level) {
  const char *end = decoder->json.end;
  int32_t closed = 0;
  memset(level, 0, sizeof *level);
  if (p == end || *p != '[') return bourse__decode_stop_at(decoder, "level", p, "expected an array");
  p = scan_space(p + 1, end);
  if (p == end) return bourse__decode_stop_at(decoder, "price", p, "");
  if (*p == ']') return bourse__decode_stop_missing(decoder, "price", "missing");
  p = read_level_decimal(decoder, p, "price", &level->price);
  if (p != NULL) p = bourse__decode_comma(decoder, p, ']', &closed);
  if (p == NULL) return NULL;
  if (closed) return bourse__decode_stop_missing(decoder, "amount", "missing");
  if (p == end) return bourse__decode_stop_at(decoder, "amount", p, "");
  p = read_level_decimal(decoder, p, "amount", &level->amount);
  if (p != NULL) p = bourse__decode_comma(decoder, p, ']', &closed);
  while (p != NULL && !closed) {
    if (p == end) return bourse__decode_stop_at(decoder, "level", p, "");
    p = bourse__json_value_end(&decoder->json, p);
    if (p == NULL) return bourse__decode_stop_json(decoder, "");
    p = bourse__decode_comma(decoder, p, ']', &closed);
  }
  return p;
}

SCAN_INLINE void set_digits(bourse_decimal *out, const digits *d) {
  out->low = d->value;
  out->high = 0;
  out->exponent = -(int32_t)d->decimals;
  out->flags = BOURSE_DECIMAL_PRESENT;
}

/* What stands behind the numbers that are asked for: short integers in quotes, `,"0","13"]`. NULL when it has another form. */
SCAN_INLINE const char *pass_others(const char *p, window w) {
  while (scan_load16(p) == scan_load16(",\"") && in_window(w, p + 2)) {
    uint32_t length = digits_count(p + 2);
    if (length == 0 || length == 16 || p[length + 2] != '"') return NULL;
    p += length + 3;
  }
  return *p == ']' ? p + 1 : NULL;
}

/* A level of two short numbers in quotes without white space, `["1.50","20"]`, which are in the window both. NULL when it has
 * another form. */
SCAN_INLINE const char *read_level(const char *p, window w, bourse_level *level) {
  digits d;
  if (scan_load16(p) != scan_load16("[\"")) return NULL;
  p = digits_scan(&d, p + 2);
  if (p[0] != '"' || scan_load16(p + 1) != scan_load16(",\"") || d.whole == 0) return NULL;
  set_digits(&level->price, &d);
  p = digits_scan(&d, p + 3);
  if (*p != '"' || d.whole == 0) return NULL;
  set_digits(&level->amount, &d);
  return p[1] == ']' ? p + 2 : pass_others(p + 1, w);
}

/* The same of an object with the table's two numbers in the table's order and nothing else. */
SCAN_INLINE const char *read_level_pair(const bourse_field fields[2], const char *p, window w, bourse_level *level) {
  size_t skipped = in_window(w, p) && *p == '{' ? decode_member_length(p + 1, w, &fields[0]) : 0;
  if (skipped == 0) return NULL;
  p += skipped + 1;
  if (!in_window(w, p)) return NULL;
  p = digits_decimal(p, (bourse_decimal *)(void *)((char *)level + fields[0].offset));
  skipped = p != NULL && in_window(w, p) && *p == ',' ? decode_member_length(p + 1, w, &fields[1]) : 0;
  if (skipped == 0) return NULL;
  p += skipped + 1;
  if (!in_window(w, p)) return NULL;
  p = digits_decimal(p, (bourse_decimal *)(void *)((char *)level + fields[1].offset));
  return p != NULL && *p == '}' ? p + 1 : NULL;
}

static int32_t is_pair(const bourse_table *table) {
  return table != NULL && table->count == 2 && table->fields[0].as == BOURSE_AS_DECIMAL &&
         table->fields[1].as == BOURSE_AS_DECIMAL;
}

/* A level that is an object; `p` stands on its brace. */
static const char *read_level_object(bourse_decoder *decoder, const bourse_table *table, const char *p,
                                     bourse_level *level) {
  if (p == decoder->json.end || *p != '{') return bourse__decode_stop_at(decoder, "level", p, "expected an object");
  memset(level, 0, sizeof *level);
  return bourse__decode_members(decoder, table, p + 1, (char *)level);
}

/* Levels in the usual form, as many as follow one another. Returns the place of the first that has another form, or, with
 * *behind_one 1, behind the last one. */
static const char *read_usual_levels(bourse_decoder *decoder, const char *p, window w, level_array *array,
                                     int32_t *behind_one) {
  const char *const last = w.size > LEVEL_LENGTH ? w.from + w.size - LEVEL_LENGTH : p;
  *behind_one = 0;
  while (p < last && (array->count < array->capacity || grow_levels(decoder->arena, array))) {
    bourse_level *level = &array->levels[array->count], *const end = &array->levels[array->capacity];
    const char *behind = NULL;
    while (p < last && level != end && (behind = read_level(p, w, level)) != NULL) {
      level++;
      p = behind;
      *behind_one = scan_load16(p) != scan_load16(",[");
      if (*behind_one) break;
      p++;
    }
    array->count = (uint32_t)(level - array->levels);
    if (behind == NULL || *behind_one) break;
  }
  return p;
}

/* A level in the usual form among the last bytes of the input, read in a copy with room around. */
static const char *read_last_level(const bourse_decoder *decoder, const char *p, bourse_level *level) {
  const bourse_json *json = &decoder->json;
  char room[DECODE_PADDING + LEVEL_TAIL + DECODE_PADDING];
  char *const copy = room + DECODE_PADDING;
  if (json->end - p > LEVEL_TAIL || json->end - json->begin < LEVEL_TAIL) return NULL;
  memset(room, 0, DECODE_PADDING);
  memcpy(copy, json->end - LEVEL_TAIL, LEVEL_TAIL);
  memset(copy + LEVEL_TAIL, 0, DECODE_PADDING);
  const char *at = copy + LEVEL_TAIL - (json->end - p), *behind = read_level(at, (window){NULL, 0, 1}, level);
  return behind == NULL ? NULL : p + (behind - at);
}

/* The elements of an array whose bracket is open: rows, or objects read by `table`. Returns the place behind its end. */
static const char *read_levels(bourse_decoder *decoder, const bourse_table *table, const char *p, level_array *array) {
  const char *const end = decoder->json.end;
  const window w = window_of(decoder);
  const int32_t pair = is_pair(table);
  int32_t closed = 0;
  p = scan_space(p, end);
  if (p < end && *p == ']') return p + 1;
  if (table == NULL && in_window(w, p)) {
    int32_t behind_one;
    p = read_usual_levels(decoder, p, w, array, &behind_one);
    if (behind_one) p = bourse__decode_comma(decoder, p, ']', &closed);
    if (p == NULL) return NULL;
  }
  while (!closed) {
    if (array->count == array->capacity && !grow_levels(decoder->arena, array))
      return bourse__decode_stop_memory(decoder, "levels");
    bourse_level *level = &array->levels[array->count];
    const char *behind = NULL;
    if (pair) behind = read_level_pair(table->fields, p, w, level);
    if (behind == NULL && table != NULL)
      behind = read_level_object(decoder, table, p, level);
    else if (table == NULL && in_window(w, p) && in_window(w, p + LEVEL_LENGTH))
      behind = read_level(p, w, level);
    else if (table == NULL)
      behind = read_last_level(decoder, p, level);
    p = behind != NULL || table != NULL ? behind : read_level_any(decoder, p, level);
    if (p == NULL) return NULL;
    array->count++;
    if (end - p > 1 && *p == ',' && (p[1] == '[' || p[1] == '{'))
      p++;
    else
      p = bourse__decode_comma(decoder, p, ']', &closed);
    if (p == NULL) return NULL;
  }
  return p;
}

static int32_t decode_levels(bourse_decoder *decoder, const bourse_table *table, struct bourse_level **out,
                             uint32_t *out_count) {
  bourse_json *json = &decoder->json;
  bourse_arena *arena = decoder->arena;
  level_array array = {NULL, 0, 0};
  *out = NULL;
  *out_count = 0;
  if (!bourse_json_array_begin(json) ||
      (json->depth == BOURSE_JSON_DEPTH_MAX && !bourse_json_fail(json, "nested too deep"))) {
    bourse__decode_stop_json(decoder, "levels");
    return decoder->error;
  }
  json->depth++; /* the level, for values that are passed over */
  const char *p = read_levels(decoder, table, json->cursor, &array);
  if (p == NULL) return decoder->error;
  json->cursor = p;
  json->depth -= 2;
  json->first = 0;
  if (array.count != 0 && arena->cursor == (char *)(array.levels + array.capacity))
    arena->cursor = (char *)(array.levels + array.count);
  *out = array.levels;
  *out_count = array.count;
  return BOURSE_OK;
}

int32_t bourse_decode_levels(bourse_decoder *decoder, struct bourse_level **out, uint32_t *out_count) {
  return decode_levels(decoder, NULL, out, out_count);
}

int32_t bourse_decode_level_objects(bourse_decoder *decoder, const bourse_table *table, struct bourse_level **out,
                                    uint32_t *out_count) {
  *out = NULL;
  *out_count = 0;
  if (!bourse__decode_table_fits(decoder, table)) return decoder->error;
  return decode_levels(decoder, table, out, out_count);
}
