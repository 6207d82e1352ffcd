/* fuzz_json.c - the JSON reader held against cJSON, and the decoder against itself.
 *
 * 1. What the reader accepts, cJSON accepts, and both see the same structure, strings and numbers. The exception:
 *    cJSON cuts numbers at 63 characters.
 * 2. What cJSON accepts and the reader refuses has one of cJSON's known leniencies, found here by a scan of its own:
 *    control characters taken for white space or left bare in strings, malformed UTF-8 or a byte order mark, numbers
 *    that strtod reads but RFC 8259 does not, bytes after the value, \u without four hexadecimal digits (taken for
 *    U+0000), nesting deeper than the reader's limit.
 * 3. Walking, skipping and copying a document come to the same verdict.
 * 4. A document decoded at the edges of its memory gives what it gives amid white space, where the decoder reads
 *    sixteen bytes at a time.
 *
 * Build: clang -fsanitize=fuzzer,address,undefined -Iinclude -Ilib tests/fuzz/fuzz_json.c lib/core/[a-z]*.c -lcjson,
 * or with tests/fuzz/replay.c in place of -fsanitize=fuzzer. */
#include <bourse/error.h>
#include <bourse/market.h>
#include <bourse/sys/decode.h>
#include <bourse/sys/json.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

#define REQUIRE(condition_)                                                      \
  do {                                                                           \
    if (!(condition_)) {                                                         \
      fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition_); \
      abort();                                                                   \
    }                                                                            \
  } while (0)

/* What a plain scan finds in a document, without following its structure beyond strings. */
typedef struct findings {
  int control;     /* a control character that is no white space, or any in a string */
  int bad_utf8;    /* or a byte order mark */
  int bad_escape;  /* \u without four hexadecimal digits */
  int bad_number;  /* outside strings, a run of number characters that is no JSON number */
  int long_number; /* over 63 characters */
  int deepest;
} findings;

/* By decoding to a code point and asking whether it needed that many bytes. */
static size_t utf8_step(const uint8_t *p, size_t left) {
  size_t count = p[0] < 0x80             ? 1
                 : (p[0] & 0xE0) == 0xC0 ? 2
                 : (p[0] & 0xF0) == 0xE0 ? 3
                 : (p[0] & 0xF8) == 0xF0 ? 4
                                         : 0;
  if (count == 0 || count > left) return 0;
  if (count == 1) return 1;
  uint32_t code = p[0] & (0xFFu >> (count + 1));
  for (size_t i = 1; i < count; i++) {
    if ((p[i] & 0xC0) != 0x80) return 0;
    code = code << 6 | (p[i] & 0x3F);
  }
  size_t needed = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  return needed == count && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) ? count : 0;
}

/* -?(0|[1-9]d*)(.d+)?([eE][+-]?d+)? as a table: rows are states, columns '-' '+' '.' 'e' '0' '1-9'; 0 refuses. */
static int is_json_number(const uint8_t *p, size_t length) {
  static const char next[9][7] = {"", "200034", "000034", "005700", "005744", "000066", "000766", "880099", "000099"};
  static const char after_exponent[7] = "000099";
  int state = 1;
  for (size_t i = 0; i < length; i++) {
    int column = p[i] == '-'                  ? 0
                 : p[i] == '+'                ? 1
                 : p[i] == '.'                ? 2
                 : p[i] == 'e' || p[i] == 'E' ? 3
                 : p[i] == '0'                ? 4
                                              : 5;
    state = (state == 9 ? after_exponent : next[state])[column] - '0';
    if (state == 0) return 0;
  }
  return state == 3 || state == 4 || state == 6 || state == 9;
}

static int are_hex(const uint8_t *p) {
  char four[5] = {(char)p[0], (char)p[1], (char)p[2], (char)p[3], '\0'};
  return strspn(four, "0123456789abcdefABCDEF") == 4;
}

static findings scan(const uint8_t *data, size_t size) {
  findings f = {0, 0, 0, 0, 0, 0};
  int in_string = 0, depth = 0;
  for (size_t i = 0, step; i < size; i += step) {
    uint8_t c = data[i];
    step = utf8_step(data + i, size - i);
    if (step == 0) f.bad_utf8 = 1, step = 1;
    if (c < 0x20 && (in_string || (c != '\t' && c != '\n' && c != '\r'))) f.control = 1;
    if (c == '"') in_string = !in_string;
    if (in_string && c == '\\') {
      step = 2;
      if (i + 1 < size && data[i + 1] == 'u' && (size - i < 6 || !are_hex(data + i + 2))) f.bad_escape = 1;
    }
    if (in_string) continue;
    if (c == '{' || c == '[') depth++;
    if (c == '}' || c == ']') depth--;
    if (depth > f.deepest) f.deepest = depth;
    if (c == '-' || (c >= '0' && c <= '9')) {
      while (i + step < size && memchr("0123456789+-.eE", data[i + step], 15) != NULL) step++;
      if (!is_json_number(data + i, step)) f.bad_number = 1;
      if (step > 63) f.long_number = 1;
    }
  }
  if (size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) f.bad_utf8 = 1;
  return f;
}

static void compare_text(bourse_slice text, const char *other) {
  char *plain = malloc(text.length + 1);
  int64_t length = bourse_json_unescape(plain, text);
  REQUIRE(length >= 0 && (size_t)length <= text.length);
  plain[length] = '\0';
  REQUIRE(other != NULL && strcmp(plain, other) == 0); /* both end at an escaped NUL */
  free(plain);
}

static void compare_value(bourse_json *json, const cJSON *other) {
  bourse_slice text;
  int32_t flag;
  const cJSON *child = other->child;
  switch (bourse_json_kind(json)) {
    case BOURSE_JSON_OBJECT:
      REQUIRE(cJSON_IsObject(other) && bourse_json_object_begin(json));
      for (; bourse_json_object_next(json, &text); child = child->next) {
        REQUIRE(child != NULL);
        compare_text(text, child->string);
        compare_value(json, child);
      }
      REQUIRE(child == NULL);
      break;
    case BOURSE_JSON_ARRAY:
      REQUIRE(cJSON_IsArray(other) && bourse_json_array_begin(json));
      for (; bourse_json_array_next(json); child = child->next) {
        REQUIRE(child != NULL);
        compare_value(json, child);
      }
      REQUIRE(child == NULL);
      break;
    case BOURSE_JSON_STRING:
      REQUIRE(cJSON_IsString(other) && bourse_json_string(json, &text, &flag));
      REQUIRE(flag == (memchr(text.data, '\\', text.length) != NULL));
      compare_text(text, other->valuestring);
      break;
    case BOURSE_JSON_NUMBER: {
      char digits[64];
      REQUIRE(cJSON_IsNumber(other) && bourse_json_number(json, &text) && text.length < sizeof digits);
      memcpy(digits, text.data, text.length);
      digits[text.length] = '\0';
      REQUIRE(strtod(digits, NULL) == other->valuedouble);
      break;
    }
    case BOURSE_JSON_TRUE: REQUIRE(cJSON_IsTrue(other) && bourse_json_bool(json, &flag) && flag == BOURSE_YES); break;
    case BOURSE_JSON_FALSE: REQUIRE(cJSON_IsFalse(other) && bourse_json_bool(json, &flag) && flag == BOURSE_NO); break;
    case BOURSE_JSON_NULL: REQUIRE(cJSON_IsNull(other) && bourse_json_null(json)); break;
    default: REQUIRE(!"a value that was skipped is there");
  }
}

/* Only walks: a mistake in the middle must end it and be reported. */
static void walk(bourse_json *json) {
  bourse_slice text;
  int32_t flag;
  switch (bourse_json_kind(json)) {
    case BOURSE_JSON_OBJECT:
      if (bourse_json_object_begin(json))
        while (bourse_json_object_next(json, &text)) walk(json);
      break;
    case BOURSE_JSON_ARRAY:
      if (bourse_json_array_begin(json))
        while (bourse_json_array_next(json)) walk(json);
      break;
    case BOURSE_JSON_STRING: bourse_json_string(json, &text, &flag); break;
    case BOURSE_JSON_NUMBER: bourse_json_number(json, &text); break;
    case BOURSE_JSON_NULL: bourse_json_null(json); break;
    default: bourse_json_bool(json, &flag); break;
  }
}

static void against_cjson(const char *bytes, size_t size) {
  bourse_json json;
  bourse_slice raw = {NULL, 0};
  bourse_json_init(&json, bytes, size);
  bourse_json_skip(&json);
  int accepted = bourse_json_finish(&json) == BOURSE_OK;
  REQUIRE(accepted == (json.error == NULL) && json.error_offset <= size);
  bourse_json_init(&json, bytes, size);
  walk(&json);
  REQUIRE((bourse_json_finish(&json) == BOURSE_OK) == accepted);
  bourse_json_init(&json, bytes, size);
  REQUIRE(!accepted || (bourse_json_raw(&json, &raw) && raw.length <= size));

  findings f = scan((const uint8_t *)bytes, size);
  const char *stop = NULL;
  cJSON *tree = cJSON_ParseWithLengthOpts(bytes, size, &stop, 0);
  if (accepted) {
    REQUIRE(tree != NULL || f.long_number);
    bourse_json_init(&json, bytes, size);
    if (!f.long_number) compare_value(&json, tree);
  } else if (tree != NULL) {
    int bytes_after = 0;
    for (const char *p = stop; p < bytes + size; p++) bytes_after |= memchr(" \t\r\n", *p, 4) == NULL;
    REQUIRE(f.control || f.bad_utf8 || f.bad_escape || f.bad_number || bytes_after ||
            f.deepest > BOURSE_JSON_DEPTH_MAX);
  }
  cJSON_Delete(tree);
}

typedef struct inner {
  bourse_decimal amount;
  int64_t count;
} inner;

typedef struct outer {
  const char *string;
  const char *id;
  bourse_decimal decimal;
  int64_t integer;
  int32_t small;
  int32_t yes;
  int64_t seconds;
  int64_t milliseconds;
  int64_t microseconds;
  int64_t nanoseconds;
  int64_t iso;
  int32_t side;
  bourse_slice slice;
  bourse_slice raw;
  inner object;
  bourse_level *levels;
  uint32_t level_count;
  const char *const *strings;
  uint32_t string_count;
  inner row;
} outer;

static int32_t decode_levels(bourse_decoder *decoder, void *member) {
  outer *out = (outer *)(void *)((char *)member - offsetof(outer, levels));
  return bourse_decode_levels(decoder, &out->levels, &out->level_count);
}

static int32_t decode_strings(bourse_decoder *decoder, void *member) {
  outer *out = (outer *)(void *)((char *)member - offsetof(outer, strings));
  return bourse_decode_strings(decoder, &out->strings, &out->string_count);
}

static const bourse_field inner_fields[] = {BOURSE_FIELD("amount", DECIMAL, inner, amount),
                                            BOURSE_FIELD_MUST("n", INT64, inner, count)};
static const bourse_table inner_table = BOURSE_TABLE(inner_fields);

static int32_t decode_row(bourse_decoder *decoder, void *member) {
  return bourse_decode_row(decoder, &inner_table, member);
}

static const bourse_name sides[] = {{"BUY", 1}, {"SELL", 2}, {"1", 3}, {NULL, 0}};
static const bourse_field outer_fields[] = {
    BOURSE_FIELD("s", STRING, outer, string),
    BOURSE_FIELD("id", ID, outer, id),
    BOURSE_FIELD("price", DECIMAL, outer, decimal),
    BOURSE_FIELD("i", INT64, outer, integer),
    BOURSE_FIELD("small", INT32, outer, small),
    BOURSE_FIELD("yes", BOOL, outer, yes),
    BOURSE_FIELD("ts", TIME_S, outer, seconds),
    BOURSE_FIELD("time", TIME_MS, outer, milliseconds),
    BOURSE_FIELD("us", TIME_US, outer, microseconds),
    BOURSE_FIELD("ns", TIME_NS, outer, nanoseconds),
    BOURSE_FIELD("createdAt", TIME_ISO, outer, iso),
    BOURSE_FIELD_ENUM("side", outer, side, sides),
    BOURSE_FIELD("slice", SLICE, outer, slice),
    BOURSE_FIELD("raw", RAW, outer, raw),
    BOURSE_FIELD_OBJECT("object", outer, object, &inner_table),
    BOURSE_FIELD_CUSTOM("bids", outer, levels, decode_levels),
    BOURSE_FIELD_CUSTOM("strings", outer, strings, decode_strings),
    BOURSE_FIELD_CUSTOM("row", outer, row, decode_row),
};
static const bourse_table outer_table = BOURSE_TABLE(outer_fields);

static void same_string(const char *a, const char *b) {
  REQUIRE((a == NULL) == (b == NULL));
  if (a != NULL) REQUIRE(strcmp(a, b) == 0);
}

static void same_slice(bourse_slice a, bourse_slice b) {
  REQUIRE(a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0));
}

static void same_outer(const outer *a, const outer *b) {
  same_string(a->string, b->string);
  same_string(a->id, b->id);
  REQUIRE(memcmp(&a->decimal, &b->decimal, sizeof a->decimal) == 0);
  REQUIRE(a->integer == b->integer && a->small == b->small && a->yes == b->yes && a->side == b->side);
  REQUIRE(a->seconds == b->seconds && a->milliseconds == b->milliseconds && a->microseconds == b->microseconds);
  REQUIRE(a->nanoseconds == b->nanoseconds && a->iso == b->iso);
  same_slice(a->slice, b->slice);
  same_slice(a->raw, b->raw);
  REQUIRE(memcmp(&a->object, &b->object, sizeof a->object) == 0 && memcmp(&a->row, &b->row, sizeof a->row) == 0);
  REQUIRE(a->level_count == b->level_count && a->string_count == b->string_count);
  if (a->level_count != 0) REQUIRE(memcmp(a->levels, b->levels, a->level_count * sizeof(bourse_level)) == 0);
  for (uint32_t i = 0; i < a->string_count; i++) same_string(a->strings[i], b->strings[i]);
}

/* Errors are the same but for the place they name. */
static void same_error(const char *a, const char *b) {
  const char *place_a = strstr(a, " at byte "), *place_b = strstr(b, " at byte ");
  REQUIRE((place_a == NULL) == (place_b == NULL));
  REQUIRE(place_a == NULL ? strcmp(a, b) == 0 : place_a - a == place_b - b && memcmp(a, b, (size_t)(place_a - a)) == 0);
}

static void decode(bourse_decoder *decoder, bourse_arena *arena, const char *bytes, size_t size, outer *out) {
  memset(out, 0, sizeof *out);
  bourse_decode_init(decoder, arena, bytes, size, NULL);
  bourse_decode_object(decoder, &outer_table, out);
  bourse_decode_finish(decoder);
}

static void against_itself(const char *bytes, size_t size) {
  enum { AROUND = 64 };
  static bourse_decoder bare, amid;
  bourse_arena *arena = bourse__arena_new(&bourse__default_allocator, 256);
  char *padded = malloc(size + 2 * AROUND);
  outer a, b;
  memset(padded, ' ', size + 2 * AROUND);
  memcpy(padded + AROUND, bytes, size);
  decode(&bare, arena, bytes, size, &a);
  decode(&amid, arena, padded, size + 2 * AROUND, &b);
  REQUIRE(bare.error == amid.error || strstr(bare.error_text, "unexpected end") != NULL);
  if (bare.error == BOURSE_OK) {
    bourse_json json;
    same_outer(&a, &b);
    bourse_json_init(&json, bytes, size);
    bourse_json_skip(&json);
    REQUIRE(bourse_json_finish(&json) == BOURSE_OK);
  } else if (strstr(bare.error_text, "unexpected end") == NULL) {
    REQUIRE(bare.error == BOURSE_ERROR_BAD_REPLY);
    same_error(bare.error_text, amid.error_text);
  }
  free(padded);
  bourse__arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *exact = malloc(size == 0 ? 1 : size);
  if (exact == NULL) return 0;
  if (size != 0) memcpy(exact, data, size);
  against_cjson(exact, size);
  against_itself(exact, size);
  free(exact);
  return 0;
}
