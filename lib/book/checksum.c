/* book/checksum.c - see checksum.h. */
#include "book/checksum.h"

#include "core/wide.h"

uint32_t bourse__crc32(uint32_t crc, const void *bytes, size_t length) {
  const unsigned char *at = bytes;
  crc = ~crc;
  for (size_t i = 0; i < length; i++) {
    crc ^= at[i];
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
  }
  return ~crc;
}

static uint32_t add_number(uint32_t crc, const bourse_decimal *value, uint32_t decimals) {
  char digits[48];
  u128 coefficient = (u128)value->high << 64 | value->low;
  int32_t shift = value->exponent + (int32_t)decimals;
  for (; shift < 0; shift++) coefficient /= 10;
  for (; shift > 0; shift--) coefficient *= 10;
  size_t at = sizeof digits;
  for (; coefficient != 0; coefficient /= 10) digits[--at] = (char)('0' + (int)(coefficient % 10));
  return bourse__crc32(crc, digits + at, sizeof digits - at);
}

uint32_t bourse__book_checksum(const bourse__book *book, uint32_t price_decimals, uint32_t amount_decimals) {
  uint32_t crc = 0;
  for (int32_t side = BOURSE__ASKS; side >= BOURSE__BIDS; side--)
    for (uint32_t i = 0; i < 10; i++) {
      const bourse_level *level = bourse__book_at(book, side, i);
      if (level == NULL) break;
      crc = add_number(crc, &level->price, price_decimals);
      crc = add_number(crc, &level->amount, amount_decimals);
    }
  return crc;
}
