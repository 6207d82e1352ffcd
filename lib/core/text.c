#include <bourse/sys/text.h>
#include <string.h>

#include "core/arena.h"

#define CAPACITY_FIRST ((size_t)128)

void bourse_text_init(bourse_text *text, bourse_arena *arena) {
  memset(text, 0, sizeof *text);
  text->arena = arena;
}

/* Room for `more` bytes and a NUL, or NULL with the failure noted. When the text is the newest thing in the arena it
 * grows in place. */
static char *reserve(bourse_text *text, size_t more) {
  if (text->failed) return NULL;
  if (text->capacity - text->length > more) return text->data + text->length;
  if (more > SIZE_MAX / 4) {
    text->failed = 1;
    return NULL;
  }
  size_t capacity = text->capacity == 0 ? CAPACITY_FIRST : text->capacity * 2;
  while (capacity - text->length <= more) capacity *= 2;
  bourse_arena *arena = text->arena;
  if (text->data != NULL && text->data + text->capacity == arena->cursor &&
      (size_t)(arena->end - arena->cursor) >= capacity - text->capacity) {
    arena->cursor += capacity - text->capacity;
  } else {
    char *data = bourse__arena_take(arena, capacity);
    if (data == NULL) {
      text->failed = 1;
      return NULL;
    }
    if (text->length != 0) memcpy(data, text->data, text->length);
    text->data = data;
  }
  text->capacity = capacity;
  return text->data + text->length;
}

void bourse_text_append(bourse_text *text, const char *bytes, size_t length) {
  if (length == 0) return;
  char *out = reserve(text, length);
  if (out == NULL) return;
  memcpy(out, bytes, length);
  text->length += length;
}

void bourse_text_string(bourse_text *text, const char *string) { bourse_text_append(text, string, strlen(string)); }

void bourse_text_char(bourse_text *text, char c) {
  char *out = reserve(text, 1);
  if (out == NULL) return;
  *out = c;
  text->length++;
}

void bourse_text_int(bourse_text *text, int64_t value) {
  char digits[20];
  char *p = digits + sizeof digits;
  uint64_t rest = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
  do *--p = (char)('0' + rest % 10);
  while ((rest /= 10) != 0);
  if (value < 0) *--p = '-';
  bourse_text_append(text, p, (size_t)(digits + sizeof digits - p));
}

void bourse_text_decimal(bourse_text *text, const bourse_decimal *value) {
  char digits[BOURSE_DECIMAL_TEXT_SIZE];
  int32_t length = bourse_decimal_format(digits, sizeof digits, value);
  if (length > 0) bourse_text_append(text, digits, (size_t)length);
}

static int32_t is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

void bourse_text_url(bourse_text *text, const char *bytes, size_t length) {
  static const char hex[] = "0123456789ABCDEF";
  for (size_t i = 0; i < length; i++) {
    if (is_unreserved(bytes[i])) {
      bourse_text_char(text, bytes[i]);
    } else {
      uint8_t byte = (uint8_t)bytes[i];
      char escape[3] = {'%', hex[byte >> 4], hex[byte & 15]};
      bourse_text_append(text, escape, sizeof escape);
    }
  }
}

static void append_json_escape(bourse_text *text, char c) {
  static const char hex[] = "0123456789abcdef";
  static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: the character, its letter */
  for (size_t i = 0; i + 1 < sizeof named; i += 2) {
    if (named[i] == c) {
      char escape[2] = {'\\', named[i + 1]};
      bourse_text_append(text, escape, sizeof escape);
      return;
    }
  }
  char escape[6] = {'\\', 'u', '0', '0', hex[((uint8_t)c) >> 4], hex[c & 15]};
  bourse_text_append(text, escape, sizeof escape);
}

void bourse_text_json(bourse_text *text, const char *bytes, size_t length) {
  bourse_text_char(text, '"');
  size_t begin = 0;
  for (size_t i = 0; i < length; i++) {
    uint8_t byte = (uint8_t)bytes[i];
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    bourse_text_append(text, bytes + begin, i - begin);
    append_json_escape(text, bytes[i]);
    begin = i + 1;
  }
  if (begin < length) bourse_text_append(text, bytes + begin, length - begin);
  bourse_text_char(text, '"');
}

void bourse_text_hex(bourse_text *text, const uint8_t *bytes, size_t length) {
  static const char hex[] = "0123456789abcdef";
  if (length > SIZE_MAX / 8) length = SIZE_MAX / 8; /* reserve refuses it */
  char *out = reserve(text, length * 2);
  if (out == NULL) return;
  for (size_t i = 0; i < length; i++) {
    out[2 * i] = hex[bytes[i] >> 4];
    out[2 * i + 1] = hex[bytes[i] & 15];
  }
  text->length += length * 2;
}

static void append_base64(bourse_text *text, const uint8_t *bytes, size_t length, const char *alphabet,
                          int32_t padded) {
  char group[4];
  for (size_t i = 0; i < length; i += 3) {
    size_t left = length - i < 3 ? length - i : 3;
    uint32_t bits = (uint32_t)bytes[i] << 16;
    if (left > 1) bits |= (uint32_t)bytes[i + 1] << 8;
    if (left > 2) bits |= bytes[i + 2];
    group[0] = alphabet[bits >> 18];
    group[1] = alphabet[bits >> 12 & 63];
    group[2] = left > 1 ? alphabet[bits >> 6 & 63] : '=';
    group[3] = left > 2 ? alphabet[bits & 63] : '=';
    bourse_text_append(text, group, padded ? 4 : left + 1);
  }
}

void bourse_text_base64(bourse_text *text, const uint8_t *bytes, size_t length) {
  append_base64(text, bytes, length, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 1);
}

void bourse_text_base64url(bourse_text *text, const uint8_t *bytes, size_t length) {
  append_base64(text, bytes, length, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 0);
}

char *bourse_text_finish(bourse_text *text) {
  char *end = reserve(text, 0);
  if (end == NULL) return NULL;
  *end = '\0';
  return text->data;
}

static int32_t base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

/* Strict: padding only where it belongs, and the bits that padding cuts off are zero, so that a text has one meaning.
 */
int64_t bourse_base64_decode(uint8_t *out, size_t out_size, const char *text, size_t length) {
  size_t padding = 0;
  while (padding < 2 && length > 0 && text[length - 1] == '=') length--, padding++;
  if (length % 4 == 1 || (padding != 0 && (length + padding) % 4 != 0)) return -1;
  size_t written = 0;
  uint32_t bits = 0, bit_count = 0;
  for (size_t i = 0; i < length; i++) {
    int32_t digit = base64_digit(text[i]);
    if (digit < 0) return -1;
    bits = (bits << 6 | (uint32_t)digit) & 0xFFFFFF;
    bit_count += 6;
    if (bit_count >= 8) {
      bit_count -= 8;
      if (written == out_size) return -1;
      out[written++] = (uint8_t)(bits >> bit_count);
    }
  }
  if ((bits & ((1u << bit_count) - 1)) != 0) return -1;
  return (int64_t)written;
}
