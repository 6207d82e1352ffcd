/* api/arrow.c - records as columns of the Arrow C data interface, made by the schema. Schema and array are each a tree in an arena of
 * their own, which lives until its last node is released: consumers may move nodes out of the tree. */
#include <bourse/arrow.h>

#include <stdatomic.h>
#include <string.h>

#include "api/api.h"

/* --- Trees that are released node by node --- */

typedef struct held {
  atomic_int nodes;
  bourse_arena *arena;
} held;

static void let_go(held *tree) {
  if (atomic_fetch_sub(&tree->nodes, 1) == 1) bourse__arena_free(tree->arena);
}

static void release_schema(struct ArrowSchema *schema) {
  held *tree = schema->private_data;
  for (int64_t i = 0; i < schema->n_children; i++)
    if (schema->children[i]->release != NULL) schema->children[i]->release(schema->children[i]);
  schema->release = NULL;
  let_go(tree);
}

static void release_array(struct ArrowArray *array) {
  held *tree = array->private_data;
  for (int64_t i = 0; i < array->n_children; i++)
    if (array->children[i]->release != NULL) array->children[i]->release(array->children[i]);
  array->release = NULL;
  let_go(tree);
}

static held *hold(const bourse_allocator *allocator) {
  bourse_arena *arena = bourse__arena_new(allocator, 16384);
  held *tree = arena == NULL ? NULL : bourse_arena_alloc(arena, sizeof *tree);
  if (tree == NULL) {
    if (arena != NULL) bourse__arena_free(arena);
    return NULL;
  }
  tree->arena = arena;
  return tree;
}

/* --- Building --- */

typedef struct builder {
  held *schemas;
  held *arrays;
  int32_t code;
} builder;

static void *take(builder *b, held *tree, size_t count, size_t size) {
  void *memory = b->code != BOURSE_OK ? NULL : bourse_arena_alloc(tree->arena, (count + 1) * size);
  if (memory == NULL && b->code == BOURSE_OK) b->code = BOURSE_ERROR_MEMORY;
  return memory;
}

/* Both nodes of a column, with room for its buffers and children. 0 when memory is out. */
static int32_t begin(builder *b, struct ArrowSchema *schema, struct ArrowArray *array, const char *name,
                     const char *format, int64_t length, int64_t buffers, int64_t children) {
  *schema = (struct ArrowSchema){.format = format, .name = name, .flags = ARROW_FLAG_NULLABLE, .n_children = children};
  *array = (struct ArrowArray){.length = length, .n_buffers = buffers, .n_children = children};
  array->buffers = take(b, b->arrays, (size_t)buffers, sizeof(void *));
  if (children > 0) {
    schema->children = take(b, b->schemas, (size_t)children, sizeof(void *));
    array->children = take(b, b->arrays, (size_t)children, sizeof(void *));
    for (int64_t i = 0; i < children && b->code == BOURSE_OK; i++) {
      schema->children[i] = take(b, b->schemas, 1, sizeof(struct ArrowSchema));
      array->children[i] = take(b, b->arrays, 1, sizeof(struct ArrowArray));
    }
  }
  if (b->code != BOURSE_OK) return 0;
  schema->release = release_schema;
  schema->private_data = b->schemas;
  array->release = release_array;
  array->private_data = b->arrays;
  atomic_fetch_add(&b->schemas->nodes, 1);
  atomic_fetch_add(&b->arrays->nodes, 1);
  return 1;
}

static uint8_t *bits(builder *b, int64_t count) { return take(b, b->arrays, (size_t)(count + 7) / 8, 1); }

static void set_bit(uint8_t *map, int64_t index) { map[index / 8] = (uint8_t)(map[index / 8] | 1u << (index % 8)); }

/* The rows of a column: records whose member is looked at. */
typedef struct column {
  const char *const *rows;
  int64_t count;
  const bourse_member_info *member;
  struct ArrowSchema *schema;
  struct ArrowArray *array;
} column;

static const void *cell(const column *c, int64_t row) { return c->rows[row] + c->member->offset; }

static int64_t cell_integer(const column *c, int64_t row, size_t size) {
  int64_t wide;
  int32_t narrow;
  if (size == sizeof wide) return memcpy(&wide, cell(c, row), sizeof wide), wide;
  return memcpy(&narrow, cell(c, row), sizeof narrow), narrow;
}

/* Validity and one buffer of `width` bytes a row. */
static int32_t begin_fixed(builder *b, const column *c, const char *format, size_t width, uint8_t **valid,
                           char **values) {
  if (!begin(b, c->schema, c->array, c->member->name, format, c->count, 2, 0)) return 0;
  *valid = bits(b, c->count);
  *values = width == 0 ? (char *)bits(b, c->count) : take(b, b->arrays, (size_t)c->count, width);
  if (b->code != BOURSE_OK) return 0;
  c->array->buffers[0] = *valid;
  c->array->buffers[1] = *values;
  return 1;
}

static void add_integers(builder *b, const column *c, const char *format, size_t width, int32_t zero_is_none) {
  uint8_t *valid;
  char *values;
  if (!begin_fixed(b, c, format, width, &valid, &values)) return;
  for (int64_t i = 0; i < c->count; i++) {
    if (zero_is_none && cell_integer(c, i, width) == 0) {
      c->array->null_count++;
      continue;
    }
    memcpy(values + (size_t)i * width, cell(c, i), width);
    set_bit(valid, i);
  }
}

static void add_yes_no(builder *b, const column *c) {
  uint8_t *valid;
  char *values;
  if (!begin_fixed(b, c, "b", 0, &valid, &values)) return;
  for (int64_t i = 0; i < c->count; i++) {
    int64_t value = cell_integer(c, i, sizeof(int32_t));
    if (value == BOURSE_UNSET) {
      c->array->null_count++;
      continue;
    }
    if (value > 0) set_bit((uint8_t *)values, i);
    set_bit(valid, i);
  }
}

/* --- Decimals --- */

#define PRECISION 38

/* The value as a two's complement of 128 bits with `scale` digits after the point, little-endian words first. */
static int32_t put_decimal(uint64_t out[2], const bourse_decimal *value, int32_t scale) {
  static const uint64_t limit_high = UINT64_C(0x4B3B4CA85A86C47A), limit_low = UINT64_C(0x098A224000000000); /* 10^38 */
  bourse_decimal scaled;
  int32_t code = bourse_decimal_round(&scaled, value, scale, BOURSE_ROUND_DOWN); /* it has no more digits than that */
  if (code != BOURSE_OK) return code;
  if (scaled.exponent != -scale) return BOURSE_ERROR_OVERFLOW; /* so many digits do not fit, so there are fewer */
  if (scaled.high > limit_high || (scaled.high == limit_high && scaled.low >= limit_low)) return BOURSE_ERROR_OVERFLOW;
  out[0] = scaled.low;
  out[1] = scaled.high;
  if (bourse_decimal_sign(&scaled) < 0) {
    out[0] = ~out[0] + 1;
    out[1] = ~out[1] + (out[0] == 0);
  }
  const uint16_t probe = 1;
  if (*(const uint8_t *)&probe == 0) { /* big-endian machines want the high word first */
    uint64_t low = out[0];
    out[0] = out[1];
    out[1] = low;
  }
  return BOURSE_OK;
}

static int32_t digits_of(const bourse_decimal *value) { return value->exponent < 0 ? -value->exponent : 0; }

static int32_t fill_decimals(const column *c, uint8_t *valid, char *values, int32_t scale) {
  int32_t code = BOURSE_OK;
  c->array->null_count = 0;
  for (int64_t i = 0; i < c->count && code == BOURSE_OK; i++) {
    bourse_decimal value;
    uint64_t words[2];
    memcpy(&value, cell(c, i), sizeof value);
    if (!bourse_decimal_is_present(&value)) {
      c->array->null_count++;
      continue;
    }
    code = put_decimal(words, &value, scale);
    if (code == BOURSE_OK) memcpy(values + (size_t)i * sizeof words, words, sizeof words);
    set_bit(valid, i);
  }
  return code;
}

/* The digits as written; where they do not fit together, without zeros at their ends. */
static void add_decimals(builder *b, const column *c) {
  int32_t written = 0, needed = 0;
  uint8_t *valid;
  char *values;
  for (int64_t i = 0; i < c->count; i++) {
    bourse_decimal value;
    memcpy(&value, cell(c, i), sizeof value);
    if (!bourse_decimal_is_present(&value)) continue;
    if (digits_of(&value) > written) written = digits_of(&value);
    bourse_decimal_trim(&value, &value);
    if (digits_of(&value) > needed) needed = digits_of(&value);
  }
  if (needed > PRECISION) b->code = BOURSE_ERROR_OVERFLOW;
  if (!begin_fixed(b, c, "", 16, &valid, &values)) return;
  int32_t scale = written > PRECISION ? needed : written;
  int32_t code = fill_decimals(c, valid, values, scale);
  if (code == BOURSE_ERROR_OVERFLOW && scale != needed) code = fill_decimals(c, valid, values, scale = needed);
  if (code != BOURSE_OK) b->code = code;
  c->schema->format = bourse_arena_format(b->schemas->arena, "d:%d,%d", PRECISION, scale);
  if (c->schema->format == NULL) b->code = BOURSE_ERROR_MEMORY;
}

/* --- Text --- */

static const char *cell_text(const column *c, int64_t row) {
  const char *text;
  int32_t value = (int32_t)cell_integer(c, row, sizeof value);
  switch (c->member->type) {
    case BOURSE_TYPE_ENUM: return bourse_enum_name(c->member->enumeration, value);
    case BOURSE_TYPE_ERROR: return value == BOURSE_OK ? NULL : bourse_error_name(value);
    default: return memcpy(&text, cell(c, row), sizeof text), text;
  }
}

/* Validity, offsets and bytes of texts that `text_at` gives. */
static void add_texts(builder *b, const column *c, const char *name, int64_t count,
                      const char *(*text_at)(const column *, int64_t)) {
  size_t bytes = 0;
  if (!begin(b, c->schema, c->array, name, "u", count, 3, 0)) return;
  for (int64_t i = 0; i < count; i++) {
    const char *text = text_at(c, i);
    bytes += text == NULL ? 0 : strlen(text);
  }
  if (bytes > INT32_MAX) b->code = BOURSE_ERROR_OVERFLOW;
  uint8_t *valid = bits(b, count);
  int32_t *offsets = take(b, b->arrays, (size_t)count + 1, sizeof *offsets);
  char *data = take(b, b->arrays, bytes, 1);
  if (b->code != BOURSE_OK) return;
  for (int64_t i = 0; i < count; i++) {
    const char *text = text_at(c, i);
    size_t length = text == NULL ? 0 : strlen(text);
    if (text == NULL)
      c->array->null_count++;
    else
      set_bit(valid, i);
    if (length > 0) memcpy(data + offsets[i], text, length);
    offsets[i + 1] = offsets[i] + (int32_t)length;
  }
  c->array->buffers[0] = valid;
  c->array->buffers[1] = offsets;
  c->array->buffers[2] = data;
}

/* --- Lists --- */

static void add_members(builder *b, const bourse_struct_info *info, const char *const *rows, int64_t count,
                        struct ArrowSchema *schema, struct ArrowArray *array, const char *name);

static uint32_t list_of(const column *c, int64_t row, const char **items) {
  uint32_t count;
  memcpy(items, cell(c, row), sizeof *items);
  memcpy(&count, c->rows[row] + c->member->count_offset, sizeof count);
  return *items == NULL ? 0 : count;
}

/* Items of lists of text are pointers; a column whose rows are the places of those pointers. */
static const char *item_text(const column *c, int64_t row) {
  const char *text;
  return memcpy(&text, c->rows[row], sizeof text), text;
}

/* All items of all rows, one behind the other, each a row of the child. */
static void add_list(builder *b, const column *c) {
  const bourse_struct_info *info =
      c->member->type == BOURSE_TYPE_RECORDS ? bourse_schema_record(c->member->kind) : NULL;
  size_t size = info == NULL ? sizeof(const char *) : info->size;
  const char *items = NULL;
  int64_t total = 0;
  for (int64_t i = 0; i < c->count; i++) total += list_of(c, i, &items);
  if (total > INT32_MAX) b->code = BOURSE_ERROR_OVERFLOW;
  if (!begin(b, c->schema, c->array, c->member->name, "+l", c->count, 2, 1)) return;
  int32_t *offsets = take(b, b->arrays, (size_t)c->count + 1, sizeof *offsets);
  const char **rows = take(b, b->arrays, (size_t)total, sizeof *rows);
  if (b->code != BOURSE_OK) return;
  for (int64_t i = 0; i < c->count; i++) {
    uint32_t length = list_of(c, i, &items);
    for (uint32_t k = 0; k < length; k++) rows[offsets[i] + (int32_t)k] = items + (size_t)k * size;
    offsets[i + 1] = offsets[i] + (int32_t)length;
  }
  c->array->buffers[1] = offsets; /* no list is null: empty is empty */
  column child = {rows, total, c->member, c->schema->children[0], c->array->children[0]};
  if (info != NULL)
    add_members(b, info, rows, total, child.schema, child.array, "item");
  else
    add_texts(b, &child, "item", total, item_text);
}

/* --- Records --- */

static void add_column(builder *b, const column *c) {
  switch (c->member->type) {
    case BOURSE_TYPE_STRING:
    case BOURSE_TYPE_ENUM:
    case BOURSE_TYPE_ERROR: add_texts(b, c, c->member->name, c->count, cell_text); break;
    case BOURSE_TYPE_DECIMAL: add_decimals(b, c); break;
    case BOURSE_TYPE_YES_NO: add_yes_no(b, c); break;
    case BOURSE_TYPE_INT32: add_integers(b, c, "i", sizeof(int32_t), 0); break;
    case BOURSE_TYPE_UINT32: add_integers(b, c, "I", sizeof(uint32_t), 0); break;
    case BOURSE_TYPE_INT64: add_integers(b, c, "l", sizeof(int64_t), 0); break;
    case BOURSE_TYPE_TIME_NS: add_integers(b, c, "tsn:UTC", sizeof(int64_t), 1); break;
    case BOURSE_TYPE_DURATION_NS: add_integers(b, c, "tDn", sizeof(int64_t), 1); break;
    case BOURSE_TYPE_STRINGS:
    case BOURSE_TYPE_RECORDS: add_list(b, c); break;
    default: b->code = BOURSE_ERROR_INTERNAL; break;
  }
}

static void add_members(builder *b, const bourse_struct_info *info, const char *const *rows, int64_t count,
                        struct ArrowSchema *schema, struct ArrowArray *array, const char *name) {
  if (!begin(b, schema, array, name, "+s", count, 1, info->member_count)) return;
  schema->flags = 0; /* a record is always there */
  for (uint32_t i = 0; i < info->member_count && b->code == BOURSE_OK; i++) {
    column c = {rows, count, &info->members[i], schema->children[i], array->children[i]};
    add_column(b, &c);
  }
}

int32_t bourse_result_export_arrow(struct ArrowSchema *out_schema, struct ArrowArray *out_array,
                                   const bourse_result *result) {
  if (out_schema != NULL) memset(out_schema, 0, sizeof *out_schema);
  if (out_array != NULL) memset(out_array, 0, sizeof *out_array);
  const bourse_struct_info *info = result == NULL ? NULL : bourse_schema_record(result->kind);
  if (out_schema == NULL || out_array == NULL || info == NULL || result->code != BOURSE_OK)
    return BOURSE_ERROR_ARGUMENT;
  const bourse_allocator *allocator = &result->arena->allocator;
  builder b = {hold(allocator), hold(allocator), BOURSE_OK};
  if (b.schemas == NULL || b.arrays == NULL) b.code = BOURSE_ERROR_MEMORY;
  const char **rows = take(&b, b.arrays, result->count, sizeof *rows);
  if (rows != NULL) {
    for (uint32_t i = 0; i < result->count; i++) rows[i] = bourse_result_record(result, i);
    add_members(&b, info, rows, result->count, out_schema, out_array, "");
  }
  if (b.code == BOURSE_OK) return BOURSE_OK;
  if (b.schemas != NULL) bourse__arena_free(b.schemas->arena);
  if (b.arrays != NULL) bourse__arena_free(b.arrays->arena);
  memset(out_schema, 0, sizeof *out_schema);
  memset(out_array, 0, sizeof *out_array);
  return b.code;
}
