#include "core/time.h"

#include <bourse/error.h>
#include <string.h>

#define NS_PER_SECOND            INT64_C(1000000000)
#define SECONDS_PER_DAY          INT64_C(86400)
#define DAYS_PER_400_YEARS       146097
#define DAYS_0000_03_01_TO_EPOCH 719468

/* Days since 1970-01-01. Years are counted from March so that the leap day is the last of its year. */
static int64_t days_from_date(int32_t year, int32_t month, int32_t day) {
  int32_t y = month <= 2 ? year - 1 : year;
  int32_t era = (y >= 0 ? y : y - 399) / 400;
  int32_t year_of_era = y - era * 400;
  int32_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return (int64_t)era * DAYS_PER_400_YEARS + day_of_era - DAYS_0000_03_01_TO_EPOCH;
}

static void date_from_days(int64_t days, int32_t *year, int32_t *month, int32_t *day) {
  int64_t shifted = days + DAYS_0000_03_01_TO_EPOCH;
  int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_400_YEARS - 1)) / DAYS_PER_400_YEARS;
  int32_t day_of_era = (int32_t)(shifted - era * DAYS_PER_400_YEARS);
  int32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int32_t march_month = (5 * day_of_year + 2) / 153;
  *day = day_of_year - (153 * march_month + 2) / 5 + 1;
  *month = march_month < 10 ? march_month + 3 : march_month - 9;
  *year = (int32_t)(era * 400 + year_of_era) + (*month <= 2 ? 1 : 0);
}

static int32_t days_in_month(int32_t year, int32_t month) {
  static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int32_t leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static char *put_digits(char *out, uint64_t value, int32_t width) {
  for (int32_t i = width - 1; i >= 0; i--, value /= 10) out[i] = (char)('0' + value % 10);
  return out + width;
}

/* 64-bit nanoseconds span 1677-09-21 to 2262-04-11, so the year always has four digits. */
int32_t bourse_time_format(char *out, size_t out_size, int64_t time_ns) {
  if (out == NULL || out_size < BOURSE_TIME_TEXT_SIZE) return BOURSE_ERROR_ARGUMENT;
  int64_t seconds = time_ns / NS_PER_SECOND, ns = time_ns % NS_PER_SECOND;
  if (ns < 0) ns += NS_PER_SECOND, seconds--;
  int64_t days = seconds / SECONDS_PER_DAY, second_of_day = seconds % SECONDS_PER_DAY;
  if (second_of_day < 0) second_of_day += SECONDS_PER_DAY, days--;
  int32_t year, month, day;
  date_from_days(days, &year, &month, &day);
  char *p = put_digits(out, (uint64_t)year, 4);
  *p++ = '-';
  p = put_digits(p, (uint64_t)month, 2);
  *p++ = '-';
  p = put_digits(p, (uint64_t)day, 2);
  *p++ = 'T';
  p = put_digits(p, (uint64_t)(second_of_day / 3600), 2);
  *p++ = ':';
  p = put_digits(p, (uint64_t)(second_of_day / 60 % 60), 2);
  *p++ = ':';
  p = put_digits(p, (uint64_t)(second_of_day % 60), 2);
  *p++ = '.';
  p = put_digits(p, (uint64_t)ns, 9);
  *p++ = 'Z';
  *p = '\0';
  return BOURSE_OK;
}

typedef struct scanner {
  const char *cursor;
  const char *end;
} scanner;

/* 1 with exactly `width` digits read. */
static int32_t digits(scanner *s, int32_t width, int32_t *value) {
  if (s->end - s->cursor < width) return 0;
  *value = 0;
  for (int32_t i = 0; i < width; i++) {
    char c = *s->cursor++;
    if (c < '0' || c > '9') return 0;
    *value = *value * 10 + (c - '0');
  }
  return 1;
}

static int32_t accept(scanner *s, char c) {
  if (s->cursor == s->end || *s->cursor != c) return 0;
  s->cursor++;
  return 1;
}

static int32_t scan_date(scanner *s, int64_t *days) {
  int32_t year, month, day;
  if (!digits(s, 4, &year) || !accept(s, '-') || !digits(s, 2, &month) || !accept(s, '-') || !digits(s, 2, &day))
    return 0;
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) return 0;
  *days = days_from_date(year, month, day);
  return 1;
}

/* HH:MM, then optionally :SS, then optionally a point and one to nine decimals. */
static int32_t scan_clock(scanner *s, int64_t *second_of_day, int64_t *ns) {
  int32_t hour, minute, second = 0;
  if (!digits(s, 2, &hour) || !accept(s, ':') || !digits(s, 2, &minute)) return 0;
  if (accept(s, ':')) {
    if (!digits(s, 2, &second)) return 0;
    if (accept(s, '.')) {
      int64_t unit = NS_PER_SECOND;
      const char *begin = s->cursor;
      for (; s->cursor < s->end && *s->cursor >= '0' && *s->cursor <= '9'; s->cursor++) {
        if (unit == 1) return 0;
        unit /= 10;
        *ns += (*s->cursor - '0') * unit;
      }
      if (s->cursor == begin) return 0;
    }
  }
  if (hour > 23 || minute > 59 || second > 59) return 0;
  *second_of_day = hour * 3600 + minute * 60 + second;
  return 1;
}

/* Nothing, 'Z', or an offset as +HH, +HHMM or +HH:MM. */
static int32_t scan_zone(scanner *s, int64_t *offset_seconds) {
  if (s->cursor == s->end || accept(s, 'Z') || accept(s, 'z')) return 1;
  int32_t sign = accept(s, '+') ? 1 : accept(s, '-') ? -1 : 0;
  int32_t hours, minutes = 0;
  if (sign == 0 || !digits(s, 2, &hours)) return 0;
  if (s->cursor != s->end) {
    (void)accept(s, ':');
    if (!digits(s, 2, &minutes)) return 0;
  }
  if (hours > 23 || minutes > 59) return 0;
  *offset_seconds = sign * (hours * 3600 + minutes * 60);
  return 1;
}

/* seconds * 10^9 + ns without leaving 64 bits on the way: for times before 1970 both parts are made negative first. */
static int32_t join_ns(int64_t *out_ns, int64_t seconds, int64_t ns) {
  if (seconds < 0 && ns > 0) seconds++, ns -= NS_PER_SECOND;
  if (seconds > INT64_MAX / NS_PER_SECOND || seconds < INT64_MIN / NS_PER_SECOND) return 0;
  int64_t whole = seconds * NS_PER_SECOND;
  if (ns > 0 ? whole > INT64_MAX - ns : whole < INT64_MIN - ns) return 0;
  *out_ns = whole + ns;
  return 1;
}

/* Eight bytes that must be like `form`, where zeros stand for digits, and `others` marks what is none. 1 with the numbers of
 * two digits that begin at each place. */
static inline int32_t match_pairs(uint8_t out[8], const char *text, const char *form, const char *others) {
  uint64_t bytes, wanted, fixed;
  memcpy(&bytes, text, sizeof bytes);
  memcpy(&wanted, form, sizeof wanted);
  memcpy(&fixed, others, sizeof fixed);
  const uint64_t ones = ~UINT64_C(0) / 255;
  bytes ^= wanted; /* a digit becomes 0..9, everything else more */
  if ((((bytes + ones * 0x76) | bytes) & (ones << 7)) != 0 || (bytes & fixed) != 0) return 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  bytes = bytes * 10 + (bytes << 8);
#else
  bytes = bytes * 10 + (bytes >> 8);
#endif
  memcpy(out, &bytes, sizeof bytes);
  return 1;
}

int32_t bourse__time_seconds(int64_t *out, const char *text) {
  uint8_t d[8], c[8];
  if (text[10] != 'T' || text[16] != ':' || !match_pairs(d, text, "0000-00-", "\0\0\0\0\377\0\0\377") ||
      !match_pairs(c, text + 8, "00T00:00", "\0\0\377\0\0\377\0\0"))
    return 0;
  const uint32_t tens = (uint8_t)(text[17] - '0'), ones = (uint8_t)(text[18] - '0');
  const uint32_t year = d[0] * 100u + d[2], month = d[5], day = c[0], hour = c[3], minute = c[6];
  if (tens > 5 || ones > 9 || year - 1970 > 2200 - 1970 || month - 1 > 11 || day == 0 || hour > 23 || minute > 59 ||
      (day > 28 && (int32_t)day > days_in_month((int32_t)year, (int32_t)month)))
    return 0;
  /* As days_from_date, within one era. */
  const uint32_t y = year - (month <= 2), from_march = month > 2 ? month - 3 : month + 9;
  const uint32_t days = y * 365 + y / 4 - y / 100 + y / 400 + (153 * from_march + 2) / 5 + day - 1;
  *out = (days - DAYS_0000_03_01_TO_EPOCH) * SECONDS_PER_DAY + hour * 3600 + minute * 60 + tens * 10 + ones;
  return 1;
}

int32_t bourse__time_parse(int64_t *out_ns, const char *text, size_t length) {
  scanner s = {text, text + length};
  int64_t days, second_of_day = 0, ns = 0, offset_seconds = 0;
  if (!scan_date(&s, &days)) return BOURSE_ERROR_ARGUMENT;
  if (s.cursor != s.end) {
    if (!accept(&s, 'T') && !accept(&s, 't') && !accept(&s, ' ')) return BOURSE_ERROR_ARGUMENT;
    if (!scan_clock(&s, &second_of_day, &ns) || !scan_zone(&s, &offset_seconds)) return BOURSE_ERROR_ARGUMENT;
  }
  if (s.cursor != s.end) return BOURSE_ERROR_ARGUMENT;
  int64_t seconds = days * SECONDS_PER_DAY + second_of_day - offset_seconds;
  return join_ns(out_ns, seconds, ns) ? BOURSE_OK : BOURSE_ERROR_ARGUMENT;
}

int32_t bourse_time_parse(int64_t *out_ns, const char *text) {
  if (out_ns == NULL || text == NULL) return BOURSE_ERROR_ARGUMENT;
  return bourse__time_parse(out_ns, text, strlen(text));
}
