/* book/checksum.c - the digits of the best levels, written out and summed up. It is done for every message, and a message
 * changes a level or two of twenty: each level's own sum is kept, and sums are put together. */
#include "book/checksum.h"

#include <string.h>

#include "core/scan.h"
#include "core/wide.h"

#define DIGITS_MAX 40 /* of 128 bits; none is written past so many places */

/* --- CRC-32 (IEEE, reflected 0xEDB88320) --- */

/* after[n][b]: the register after the byte b and n zero bytes, having begun with 0. A sum of bytes is the xor of what each
 * of its bits leaves, so a row is made of eight numbers; each number in the table is the one before it, one bit on. */
#define PAIR(x, a)                    (x), (x) ^ (a)
#define FOUR(x, a, b)                 PAIR(x, a), PAIR((x) ^ (b), a)
#define EIGHT(x, a, b, c)             FOUR(x, a, b), FOUR((x) ^ (c), a, b)
#define BITS4(x, a, b, c, d)          EIGHT(x, a, b, c), EIGHT((x) ^ (d), a, b, c)
#define BITS5(x, a, b, c, d, e)       BITS4(x, a, b, c, d), BITS4((x) ^ (e), a, b, c, d)
#define BITS6(x, a, b, c, d, e, f)    BITS5(x, a, b, c, d, e), BITS5((x) ^ (f), a, b, c, d, e)
#define BITS7(x, a, b, c, d, e, f, g) BITS6(x, a, b, c, d, e, f), BITS6((x) ^ (g), a, b, c, d, e, f)
#define ROW(a, b, c, d, e, f, g, h) \
  { BITS7(0u, a, b, c, d, e, f, g), BITS7(h, a, b, c, d, e, f, g) }
#define ROWS 32

/* clang-format off */
static const uint32_t after[ROWS][256] = {
    ROW(0x77073096, 0xEE0E612C, 0x076DC419, 0x0EDB8832, 0x1DB71064, 0x3B6E20C8, 0x76DC4190, 0xEDB88320),
    ROW(0x191B3141, 0x32366282, 0x646CC504, 0xC8D98A08, 0x4AC21251, 0x958424A2, 0xF0794F05, 0x3B83984B),
    ROW(0x01C26A37, 0x0384D46E, 0x0709A8DC, 0x0E1351B8, 0x1C26A370, 0x384D46E0, 0x709A8DC0, 0xE1351B80),
    ROW(0xB8BC6765, 0xAA09C88B, 0x8F629757, 0xC5B428EF, 0x5019579F, 0xA032AF3E, 0x9B14583D, 0xED59B63B),
    ROW(0x3D6029B0, 0x7AC05360, 0xF580A6C0, 0x30704BC1, 0x60E09782, 0xC1C12F04, 0x58F35849, 0xB1E6B092),
    ROW(0xCB5CD3A5, 0x4DC8A10B, 0x9B914216, 0xEC53826D, 0x03D6029B, 0x07AC0536, 0x0F580A6C, 0x1EB014D8),
    ROW(0xA6770BB4, 0x979F1129, 0xF44F2413, 0x33EF4E67, 0x67DE9CCE, 0xCFBD399C, 0x440B7579, 0x8816EAF2),
    ROW(0xCCAA009E, 0x4225077D, 0x844A0EFA, 0xD3E51BB5, 0x7CBB312B, 0xF9766256, 0x299DC2ED, 0x533B85DA),
    ROW(0x177B1443, 0x2EF62886, 0x5DEC510C, 0xBBD8A218, 0xACC04271, 0x82F182A3, 0xDE920307, 0x6655004F),
    ROW(0xEFC26B3E, 0x04F5D03D, 0x09EBA07A, 0x13D740F4, 0x27AE81E8, 0x4F5D03D0, 0x9EBA07A0, 0xE6050901),
    ROW(0xC18EDFC0, 0x586CB9C1, 0xB0D97382, 0xBAC3E145, 0xAEF6C4CB, 0x869C8FD7, 0xD64819EF, 0x77E1359F),
    ROW(0x9BA54C6F, 0xEC3B9E9F, 0x03063B7F, 0x060C76FE, 0x0C18EDFC, 0x1831DBF8, 0x3063B7F0, 0x60C76FE0),
    ROW(0xDD96D985, 0x605CB54B, 0xC0B96A96, 0x5A03D36D, 0xB407A6DA, 0xB37E4BF5, 0xBD8D91AB, 0xA06A2517),
    ROW(0x9D0FE176, 0xE16EC4AD, 0x19AC8F1B, 0x33591E36, 0x66B23C6C, 0xCD6478D8, 0x41B9F7F1, 0x8373EFE2),
    ROW(0xB9FBDBE8, 0xA886B191, 0x8A7C6563, 0xCF89CC87, 0x44629F4F, 0x88C53E9E, 0xCAFB7B7D, 0x4E87F0BB),
    ROW(0xAE689191, 0x87A02563, 0xD4314C87, 0x73139F4F, 0xE6273E9E, 0x173F7B7D, 0x2E7EF6FA, 0x5CFDEDF4),
    ROW(0x87A6CB43, 0xD43C90C7, 0x730827CF, 0xE6104F9E, 0x1751997D, 0x2EA332FA, 0x5D4665F4, 0xBA8CCBE8),
    ROW(0xEF52B6E1, 0x05D46B83, 0x0BA8D706, 0x1751AE0C, 0x2EA35C18, 0x5D46B830, 0xBA8D7060, 0xAE6BE681),
    ROW(0xD7E28058, 0x74B406F1, 0xE9680DE2, 0x09A11D85, 0x13423B0A, 0x26847614, 0x4D08EC28, 0x9A11D850),
    ROW(0x65673B46, 0xCACE768C, 0x4EEDEB59, 0x9DDBD6B2, 0xE0C6AB25, 0x1AFC500B, 0x35F8A016, 0x6BF1402C),
    ROW(0x9FDA839E, 0xE4C4017D, 0x12F904BB, 0x25F20976, 0x4BE412EC, 0x97C825D8, 0xF4E14DF1, 0x32B39DA3),
    ROW(0x172864C0, 0x2E50C980, 0x5CA19300, 0xB9432600, 0xA9F74A41, 0x889F92C3, 0xCA4E23C7, 0x4FED41CF),
    ROW(0x9B73EAD4, 0xED96D3E9, 0x005CA193, 0x00B94326, 0x0172864C, 0x02E50C98, 0x05CA1930, 0x0B943260),
    ROW(0x81256527, 0xD93BCC0F, 0x69069E5F, 0xD20D3CBE, 0x7F6B7F3D, 0xFED6FE7A, 0x26DCFAB5, 0x4DB9F56A),
    ROW(0xA58B900E, 0x9066265D, 0xFBBD4AFB, 0x2C0B93B7, 0x5817276E, 0xB02E4EDC, 0xBB2D9BF9, 0xAD2A31B3),
    ROW(0xE71DA697, 0x154A4B6F, 0x2A9496DE, 0x55292DBC, 0xAA525B78, 0x8FD5B0B1, 0xC4DA6723, 0x52C5C807),
    ROW(0x6E8C1B41, 0xDD183682, 0x61416B45, 0xC282D68A, 0x5E74AB55, 0xBCE956AA, 0xA2A3AB15, 0x9E36506B),
    ROW(0x01B5FD1D, 0x036BFA3A, 0x06D7F474, 0x0DAFE8E8, 0x1B5FD1D0, 0x36BFA3A0, 0x6D7F4740, 0xDAFE8E80),
    ROW(0x6307D924, 0xC60FB248, 0x576E62D1, 0xAEDCC5A2, 0x86C88D05, 0xD6E01C4B, 0x76B13ED7, 0xED627DAE),
    ROW(0x3C60E308, 0x78C1C610, 0xF1838C20, 0x38761E01, 0x70EC3C02, 0xE1D87804, 0x18C1F649, 0x3183EC92),
    ROW(0x0EE7E8D1, 0x1DCFD1A2, 0x3B9FA344, 0x773F4688, 0xEE7E8D10, 0x078C1C61, 0x0F1838C2, 0x1E307184),
    ROW(0xF1DA05AA, 0x38C50D15, 0x718A1A2A, 0xE3143454, 0x1D596EE9, 0x3AB2DDD2, 0x7565BBA4, 0xEACB7748),
};
/* clang-format on */

static uint32_t advance_slowly(uint32_t state, uint32_t n) {
  for (; n > ROWS; n -= 4)
    state = after[3][state & 255] ^ after[2][state >> 8 & 255] ^ after[1][state >> 16 & 255] ^ after[0][state >> 24];
  for (; n > 0; n--) state = state >> 8 ^ after[0][state & 255];
  return state;
}

/* The register after n more bytes of zero. */
SCAN_INLINE uint32_t advance(uint32_t state, uint32_t n) {
  if (n - 4 > ROWS - 4) return advance_slowly(state, n); /* fewer, too */
  const uint32_t(*row)[256] = after + (n - 4);
  return row[3][state & 255] ^ row[2][state >> 8 & 255] ^ row[1][state >> 16 & 255] ^ row[0][state >> 24];
}

static uint32_t sum_of(const char *bytes, uint32_t length) {
  const char *end = bytes + length;
  uint32_t state = 0;
  for (; end - bytes > ROWS; bytes++) state = state >> 8 ^ after[0][(state ^ (uint8_t)*bytes) & 255];
  if (state != 0) state = advance(state, (uint32_t)(end - bytes));
  for (const uint32_t(*row)[256] = after; end > bytes; row++) state ^= (*row)[(uint8_t) * --end];
  return state;
}

/* --- Digits --- */

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
  u128 ten = u128_from(10);
  for (; shift < 0 && !u128_is_zero(value); shift++) value = u128_divide(value, ten);
  if (u128_is_zero(value) || shift > POW10_MAX) return 0;
  if (u128_less(u128_divide(u128_max(), pow10_128(shift)), value)) return 0; /* no such number is sent */
  for (value = u128_multiply(value, pow10_128(shift)); !u128_is_zero(value); value = u128_divide(value, ten))
    *--first = (char)('0' + (int)u128_low(u128_rest(value, ten)));
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
  return write_long(out, u128_of(value->high, value->low), shift);
}

/* --- Levels --- */

static bourse__level_sum sum_up(const bourse_level *level, uint32_t price_decimals, uint32_t amount_decimals) {
  char text[2 * DIGITS_MAX];
  size_t length = write_digits(text, &level->price, price_decimals);
  length += write_digits(text + length, &level->amount, amount_decimals);
  return (bourse__level_sum){sum_of(text, (uint32_t)length), (uint32_t)length};
}

static uint32_t pass_anew(const bourse__best *best, uint32_t state, uint32_t price_decimals, uint32_t amount_decimals) {
  for (const uint32_t *slot = best->slots + best->count; slot != best->slots;) {
    bourse__level_sum known = sum_up(&best->levels[*--slot], price_decimals, amount_decimals);
    state = advance(state, known.length) ^ known.sum;
  }
  return state;
}

static uint32_t pass_side(const bourse__book *book, int32_t side, int32_t anew, uint32_t state, uint32_t price_decimals,
                          uint32_t amount_decimals) {
  uint32_t room[BOURSE__SUMMED];
  bourse__best best;
  bourse__book_best(book, side, room, BOURSE__SUMMED, &best);
  if (anew || best.sums == NULL) return pass_anew(&best, state, price_decimals, amount_decimals);
  for (const uint32_t *slot = best.slots + best.count; slot != best.slots;) {
    bourse__level_sum *known = &best.sums[*--slot];
    if (known->length == 0) *known = sum_up(&best.levels[*slot], price_decimals, amount_decimals);
    state = advance(state, known->length) ^ known->sum;
  }
  return state;
}

uint32_t bourse__book_checksum(bourse__sums *sums, const bourse__book *book, uint32_t price_decimals,
                               uint32_t amount_decimals) {
  const int32_t anew = sums == NULL;
  const uint32_t version = bourse__book_version(book, BOURSE__ASKS);
  uint32_t state = 0xFFFFFFFFu;
  if (!anew && sums->version == version && version != 0)
    state = sums->after_asks;
  else
    state = pass_side(book, BOURSE__ASKS, anew, state, price_decimals, amount_decimals);
  if (!anew) *sums = (bourse__sums){version, state};
  return ~pass_side(book, BOURSE__BIDS, anew, state, price_decimals, amount_decimals);
}
