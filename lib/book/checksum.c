/* book/checksum.c - the digits of the best levels, written out and summed up. It is done for every message, so digits are
 * written two at a time. */
#include "book/checksum.h"

#include <string.h>
#include <zlib.h>

#include "core/wide.h"

#define LEVELS     10
#define DIGITS_MAX 40

uint32_t bourse__crc32(uint32_t crc, const void *bytes, size_t length) {
  return (uint32_t)crc32(crc, bytes, (uInt)length);
}

/* The digits of a number at a fixed count of decimals, leading zeros left out; to the left of `end`. */
static char *write_digits(char *end, const bourse_decimal *value, uint32_t decimals) {
  static const char pairs[] =
      "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849505152535455"
      "5657585960"
      "616263646566676869707172737475767778798081828384858687888990919293949596979899";
  int32_t shift = value->exponent + (int32_t)decimals;
  u128 whole = (u128)value->high << 64 | value->low;
  for (; shift < 0; shift++) whole /= 10; /* digits past the decimals are zeros, or the sum will tell */
  if (whole == 0) return end;
  for (; shift > 0; shift--) *--end = '0';
  for (; whole >> 64 != 0; whole /= 10) *--end = (char)('0' + (int)(whole % 10));
  uint64_t rest = (uint64_t)whole;
  for (; rest >= 100; rest /= 100) {
    end -= 2;
    memcpy(end, pairs + rest % 100 * 2, 2);
  }
  if (rest >= 10) {
    end -= 2;
    memcpy(end, pairs + rest * 2, 2);
  } else {
    *--end = (char)('0' + (int)rest);
  }
  return end;
}

uint32_t bourse__book_checksum(const bourse__book *book, uint32_t price_decimals, uint32_t amount_decimals) {
  char text[2 * LEVELS * 2 * DIGITS_MAX];
  size_t length = 0;
  if (price_decimals > 20) price_decimals = 20; /* no market has more, and the room is bounded */
  if (amount_decimals > 20) amount_decimals = 20;
  for (int32_t side = BOURSE__ASKS; side >= BOURSE__BIDS; side--)
    for (uint32_t i = 0; i < LEVELS; i++) {
      const bourse_level *level = bourse__book_at(book, side, i);
      char digits[160], *end = digits + sizeof digits;
      if (level == NULL) break;
      for (int32_t part = 0; part < 2; part++) {
        char *first = part == 0 ? write_digits(end, &level->price, price_decimals)
                                : write_digits(end, &level->amount, amount_decimals);
        size_t count = (size_t)(end - first);
        if (count > DIGITS_MAX) count = DIGITS_MAX; /* no such number is sent: the sum will tell */
        memcpy(text + length, first, count);
        length += count;
      }
    }
  return bourse__crc32(0, text, length);
}
