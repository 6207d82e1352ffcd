/* book/checksum.c - the digits of the best levels, written out and summed up. It is done for every message, so digits are
 * written eight at a time. */
#include "book/checksum.h"

#include <string.h>
#include <zlib.h>

#include "core/scan.h"
#include "core/wide.h"

#define LEVELS     10
#define DIGITS_MAX 40 /* of 128 bits; none is written past so many places */

uint32_t bourse__crc32(uint32_t crc, const void *bytes, size_t length) {
  return (uint32_t)crc32(crc, bytes, (uInt)length);
}

/* The eight digits of a number below 10^8, 0..9 each, the first in the lowest byte: fours are parted into pairs, pairs
 * into digits, all at once. */
SCAN_INLINE uint64_t eight_digits(uint32_t value) {
  uint64_t fours = value / 10000 | (uint64_t)(value % 10000) << 32;
  uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x7F0000007F);
  uint64_t pairs = hundreds | (fours - hundreds * 100) << 16;
  uint64_t tens = (pairs * 103 >> 10) & UINT64_C(0x000F000F000F000F);
  return tens | (pairs - tens * 10) << 8;
}

SCAN_INLINE void store_digits(char *to, uint64_t digits) {
  digits += ~UINT64_C(0) / 255 * '0';
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  memcpy(to, &digits, 8);
#else
  for (int32_t i = 0; i < 8; i++) to[i] = (char)(digits >> 8 * i);
#endif
}

/* The digits of a number without leading zeros, of zero none. Returns how many; a few bytes more are written. */
SCAN_INLINE size_t write_short(char *out, uint64_t value) {
  char text[32];
  uint64_t upper = value / 100000000, top = 0, middle, low = eight_digits((uint32_t)(value % 100000000));
  if (upper == 0) {
    if (low == 0) return 0;
    size_t zeros = scan_lowest_bit64(low) / 8;
    store_digits(out, low >> 8 * zeros);
    return 8 - zeros;
  }
  if (upper >= 100000000) {
    top = eight_digits((uint32_t)(upper / 100000000));
    upper %= 100000000;
  }
  middle = eight_digits((uint32_t)upper);
  store_digits(text, top);
  store_digits(text + 8, middle);
  store_digits(text + 16, low);
  size_t zeros = top != 0 ? scan_lowest_bit64(top) / 8 : 8 + scan_lowest_bit64(middle) / 8;
  if (top != 0)
    memcpy(out, text + zeros, 24);
  else
    memcpy(out, text + zeros, 16);
  return 24 - zeros;
}

/* The same for numbers that are not simply their coefficient. */
static size_t write_long(char *out, u128 value, int32_t shift) {
  char digits[DIGITS_MAX], *end = digits + sizeof digits, *first = end;
  for (; shift < 0 && value != 0; shift++) value /= 10;
  if (value == 0 || shift > POW10_MAX || value > U128_MAX / pow10_128(shift)) return 0; /* no such number is sent */
  for (value *= pow10_128(shift); value != 0; value /= 10) *--first = (char)('0' + (int)(value % 10));
  memcpy(out, first, (size_t)(end - first));
  return (size_t)(end - first);
}

/* A number's digits at a fixed count of decimals. What is past them is zeros, or the sum will tell. */
SCAN_INLINE size_t write_digits(char *out, const bourse_decimal *value, uint32_t decimals) {
  int32_t shift = value->exponent + (int32_t)decimals;
  if (value->high == 0) {
    if (shift == 0) return write_short(out, value->low);
    if (shift < 0 && shift >= -19) return write_short(out, value->low / pow10_64[-shift]);
    if (shift > 0 && shift <= 19 && value->low <= UINT64_MAX / pow10_64[shift])
      return write_short(out, value->low * pow10_64[shift]);
  }
  return write_long(out, (u128)value->high << 64 | value->low, shift);
}

uint32_t bourse__book_checksum(const bourse__book *book, uint32_t price_decimals, uint32_t amount_decimals) {
  char text[2 * LEVELS * 2 * DIGITS_MAX];
  size_t length = 0;
  for (int32_t side = BOURSE__ASKS; side >= BOURSE__BIDS; side--) {
    const bourse_level *level = bourse__book_at(book, side, 0);
    uint32_t count = bourse__book_count(book, side);
    for (uint32_t i = 0; i < count && i < LEVELS; i++, level--) {
      length += write_digits(text + length, &level->price, price_decimals);
      length += write_digits(text + length, &level->amount, amount_decimals);
    }
  }
  return bourse__crc32(0, text, length);
}
