/* sim/json.c - JSON through cJSON, whose numbers are doubles: they are read as texts and written as raw digits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"

#define MARK '\1' /* begins the text of what was a number */
#define RING 32
#define TEXT 176

/* The same text with each number as a string of its digits, marked. */
static char *quote_numbers(const char *text, size_t length) {
  sim_buffer out = {0};
  int32_t inside = 0;
  for (size_t i = 0; i < length; i++) {
    char c = text[i];
    if (inside) {
      if (c == '\\' && i + 1 < length)
        sim_buffer_add(&out, &text[i++], 1);
      else if (c == '"')
        inside = 0;
      sim_buffer_add(&out, &text[i], 1);
      continue;
    }
    if (c == '"') inside = 1;
    if (c != '-' && (c < '0' || c > '9')) {
      sim_buffer_add(&out, &c, 1);
      continue;
    }
    size_t end = i;
    while (end < length && strchr("+-.0123456789eE", text[end]) != NULL && text[end] != '\0') end++;
    sim_buffer_text(&out, "\"\\u0001");
    sim_buffer_add(&out, text + i, end - i);
    sim_buffer_text(&out, "\"");
    i = end - 1;
  }
  if (out.bytes == NULL) sim_buffer_text(&out, "");
  return out.bytes;
}

/* 1 when it is well-formed: no more bytes than needed, no surrogates, nothing behind U+10FFFF. */
static int32_t is_utf8(const char *text, size_t length) {
  static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
  const uint8_t *at = (const uint8_t *)text, *end = at + length;
  while (at < end) {
    uint32_t first = *at++, more = first < 0x80       ? 0
                                   : first >> 5 == 6  ? 1
                                   : first >> 4 == 14 ? 2
                                   : first >> 3 == 30 ? 3
                                                      : 4;
    if (more > 3 || (size_t)(end - at) < more) return 0;
    uint32_t value = more == 0 ? first : first & (0x3fu >> more);
    for (uint32_t i = 0; i < more; i++, at++) {
      if (*at >> 6 != 2) return 0;
      value = value << 6 | (*at & 0x3fu);
    }
    if (value < least[more] || value >> 11 == 27 || value > 0x10ffff) return 0;
  }
  return 1;
}

cJSON *sim_json_parse(const char *text, size_t length) {
  cJSON *plain = NULL, *kept = NULL;
  char *copy = sim_copy(text, length);
  if (strlen(copy) == length && is_utf8(text, length)) plain = cJSON_ParseWithOpts(copy, NULL, 1);
  if (plain != NULL) {
    char *quoted = quote_numbers(text, length);
    kept = cJSON_ParseWithOpts(quoted, NULL, 1);
    free(quoted);
  }
  cJSON_Delete(plain);
  free(copy);
  return kept;
}

int32_t sim_json_is_number(const cJSON *item) { return cJSON_IsString(item) && item->valuestring[0] == MARK; }

const char *sim_json_item_text(const cJSON *item) {
  if (!cJSON_IsString(item)) return NULL;
  return item->valuestring + (item->valuestring[0] == MARK);
}

const char *sim_json_text(const cJSON *object, const char *name) {
  return sim_json_item_text(cJSON_GetObjectItemCaseSensitive(object, name));
}

int32_t sim_json_decimal(bourse_decimal *out, const cJSON *object, const char *name) {
  return sim_decimal(out, sim_json_text(object, name));
}

int32_t sim_json_true(const cJSON *object, const char *name) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
  if (cJSON_IsBool(item)) return cJSON_IsTrue(item);
  const char *text = sim_json_item_text(item);
  return text != NULL && strcmp(text, "true") == 0;
}

static void print_again(sim_buffer *out, const cJSON *item) {
  const cJSON *child;
  if (cJSON_IsObject(item) || cJSON_IsArray(item)) {
    sim_buffer_text(out, cJSON_IsObject(item) ? "{" : "[");
    cJSON_ArrayForEach(child, item) {
      if (child != item->child) sim_buffer_text(out, ",");
      if (cJSON_IsObject(item)) {
        cJSON *name = cJSON_CreateString(child->string);
        char *text = cJSON_PrintUnformatted(name);
        sim_buffer_format(out, "%s:", text);
        cJSON_free(text);
        cJSON_Delete(name);
      }
      print_again(out, child);
    }
    sim_buffer_text(out, cJSON_IsObject(item) ? "}" : "]");
  } else if (sim_json_is_number(item)) {
    sim_buffer_text(out, item->valuestring + 1);
  } else {
    char *text = cJSON_PrintUnformatted(item);
    sim_buffer_text(out, text);
    cJSON_free(text);
  }
}

cJSON *sim_json_again(const cJSON *item) {
  sim_buffer out = {0};
  print_again(&out, item);
  cJSON *raw = cJSON_CreateRaw(out.bytes);
  sim_buffer_free(&out);
  return raw;
}

/* --- Writing --- */

static char *next_text(void) {
  static char texts[RING][TEXT];
  static uint32_t next;
  return texts[next++ % RING];
}

int32_t sim_decimal(bourse_decimal *out, const char *text) {
  memset(out, 0, sizeof *out);
  return text != NULL && bourse_decimal_parse(out, text, SIZE_MAX) == BOURSE_OK;
}

int32_t sim_written_decimal(bourse_decimal *out, const char *text) {
  size_t digits = strspn(text, "0123456789");
  size_t places = text[digits] == '.' ? strspn(text + digits + 1, "0123456789") : 0;
  size_t end = digits + (text[digits] == '.' ? 1 + places : 0);
  memset(out, 0, sizeof *out);
  return digits > 0 && text[end] == '\0' && end <= 41 && (end == digits || places > 0) && sim_decimal(out, text);
}

int32_t sim_written_whole(int64_t *out, const char *text) {
  if (text[0] == '\0' || strspn(text, "0123456789") != strlen(text) || strlen(text) > 19) return 0;
  uint64_t value = strtoull(text, NULL, 10);
  if (value > UINT64_C(1000000000000000000)) return 0;
  *out = (int64_t)value;
  return 1;
}

const char *sim_decimal_text(const bourse_decimal *value) {
  char *text = next_text();
  if (bourse_decimal_format(text, TEXT, value) < 0) text[0] = '\0';
  return text;
}

/* With exactly `places` decimals (what is beyond them is cut off), or those it has where places is negative. */
static const char *placed_text(bourse_decimal value, int32_t places) {
  if (places >= 0)
    (void)bourse_decimal_round(&value, &value, places, BOURSE_ROUND_DOWN);
  else
    bourse_decimal_trim(&value, &value);
  return sim_decimal_text(&value);
}

const char *sim_units_text(int64_t units, int32_t scale, int32_t places) {
  return placed_text(bourse__paper_decimal(units, scale), places);
}

const char *sim_money_text(paper_money money, int32_t places) {
  return placed_text(bourse__paper_money_decimal(money), places);
}

void sim_json_add_decimal(cJSON *object, const char *name, const bourse_decimal *value) {
  cJSON_AddStringToObject(object, name, sim_decimal_text(value));
}

void sim_json_add_number(cJSON *object, const char *name, const bourse_decimal *value) {
  cJSON_AddRawToObject(object, name, sim_decimal_text(value));
}

void sim_json_add_integer(cJSON *object, const char *name, int64_t value) {
  char text[32];
  (void)snprintf(text, sizeof text, "%lld", (long long)value);
  cJSON_AddRawToObject(object, name, text);
}

void sim_json_add_units(cJSON *object, const char *name, int64_t units, int32_t scale, int32_t places) {
  cJSON_AddStringToObject(object, name, sim_units_text(units, scale, places));
}

void sim_json_add_money(cJSON *object, const char *name, paper_money money, int32_t places) {
  cJSON_AddStringToObject(object, name, sim_money_text(money, places));
}
