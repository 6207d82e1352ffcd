/* sim/names.c - ids and times as exchanges write them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "core.h"
#include "desk.h"

/* --- Ids: numbers, stirred so that they look like an exchange's, and can be told from those that are made up --- */

#define STIR UINT64_C(0x9e3779b97f4a7c15)

uint64_t sim_stir(uint64_t number) { return (number + 1) * STIR; }

uint64_t sim_unstir(uint64_t mixed) {
  uint64_t inverse = STIR; /* each round doubles the digits that are right */
  for (int32_t i = 0; i < 6; i++) inverse *= 2 - STIR * inverse;
  return mixed * inverse - 1;
}

const char *sim_uuid(char out[SIM_UUID_SIZE], uint64_t number) {
  uint64_t mixed = sim_stir(number), check = (mixed >> 24 ^ mixed * 31 ^ UINT64_C(0x24e3)) * STIR;
  (void)snprintf(out, SIM_UUID_SIZE, "%08x-%04x-4%03x-a%x%02x-%012llx", (unsigned)(mixed >> 32),
                 (unsigned)(mixed >> 16 & 0xffff), (unsigned)(mixed >> 4 & 0xfff), (unsigned)(mixed & 15),
                 (unsigned)(check >> 48 & 0xff), (unsigned long long)(check & UINT64_C(0xffffffffffff)));
  return out;
}

uint64_t sim_uuid_number(const char *text) {
  char again[SIM_UUID_SIZE], plain[20];
  if (text == NULL || strlen(text) != 36) return 0;
  (void)snprintf(plain, sizeof plain, "%.8s%.4s%.3s%.1s", text, text + 9, text + 15, text + 20);
  uint64_t number = sim_unstir(strtoull(plain, NULL, 16));
  return strcasecmp(sim_uuid(again, number), text) == 0 ? number : 0;
}

/* --- Times --- */

const char *sim_iso(char out[SIM_TIME_SIZE], int64_t time_ns, int32_t digits) {
  time_t seconds = (time_t)(time_ns / SIM_SECOND_NS);
  int64_t part = time_ns % SIM_SECOND_NS;
  struct tm tm;
  size_t length = strftime(out, SIM_TIME_SIZE, "%Y-%m-%dT%H:%M:%S", gmtime_r(&seconds, &tm));
  for (int32_t i = digits; i < 9; i++) part /= 10;
  if (digits > 0)
    (void)snprintf(out + length, SIM_TIME_SIZE - length, ".%0*lldZ", digits, (long long)part);
  else
    (void)snprintf(out + length, SIM_TIME_SIZE - length, "Z");
  return out;
}

int64_t sim_iso_read(const char *text) {
  struct tm tm;
  int64_t part = 0, unit = SIM_SECOND_NS / 10;
  memset(&tm, 0, sizeof tm);
  if (text == NULL) return -1;
  const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
  if (rest == NULL) return -1;
  if (*rest == '.')
    for (rest++; *rest >= '0' && *rest <= '9'; rest++, unit /= 10) part += (*rest - '0') * unit;
  return *rest == '\0' || strcmp(rest, "Z") == 0 ? (int64_t)timegm(&tm) * SIM_SECOND_NS + part : -1;
}

/* --- Paths --- */

int32_t sim_path_fits(const char *pattern, const char *path, char (*parts)[SIM_PART_SIZE], uint32_t room) {
  uint32_t stars = 0;
  while (*pattern != '\0') {
    if (*pattern != '*') {
      if (*pattern++ != *path++) return 0;
      continue;
    }
    size_t length = strcspn(path, "/");
    if (length == 0 || length >= SIM_PART_SIZE || stars == room) return 0;
    (void)snprintf(parts[stars++], SIM_PART_SIZE, "%.*s", (int)length, path);
    path += length;
    pattern++;
  }
  return *path == '\0' || strcmp(path, "/") == 0;
}

/* --- Lists --- */

int32_t sim_is_listed(const char *list, const char *name) {
  size_t length = strlen(name);
  for (const char *at = list; at != NULL && *at != '\0';) {
    size_t end = strcspn(at, ",");
    if (end == length && memcmp(at, name, length) == 0) return 1;
    at += end + (at[end] == ',');
  }
  return 0;
}
