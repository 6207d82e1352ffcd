/* net/clock_offset.c - median of the newest offsets between our clock and the exchange's. */
#include "net/clock_offset.h"

#include <string.h>

#include <bourse/error.h>

/* Slot of the median; of an even number of samples, of the two in the middle the one with the shorter round trip. */
static uint32_t median(const bourse__clock_offset *clock) {
  uint32_t order[BOURSE__CLOCK_SAMPLES] = {0};
  uint32_t count = clock->count;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t at = i;
    for (; at > 0 && clock->offset_ns[order[at - 1]] > clock->offset_ns[i]; at--) order[at] = order[at - 1];
    order[at] = i;
  }
  uint32_t upper = order[count / 2];
  if (count % 2 != 0) return upper;
  uint32_t lower = order[count / 2 - 1];
  return clock->round_trip_ns[lower] <= clock->round_trip_ns[upper] ? lower : upper;
}

int32_t bourse__clock_offset_add(bourse__clock_offset *clock, int64_t sent_ns, int64_t received_ns, int64_t server_ns) {
  if (received_ns < sent_ns) return BOURSE_ERROR_ARGUMENT;
  if (sent_ns < 0 && received_ns > INT64_MAX + sent_ns) return BOURSE_ERROR_ARGUMENT;
  int64_t round_trip = received_ns - sent_ns;
  int64_t middle = sent_ns + round_trip / 2;
  if (middle < 0 ? server_ns > INT64_MAX + middle : server_ns < INT64_MIN + middle) return BOURSE_ERROR_ARGUMENT;
  clock->offset_ns[clock->next] = server_ns - middle;
  clock->round_trip_ns[clock->next] = round_trip;
  clock->received_ns = received_ns;
  clock->next = (clock->next + 1) % BOURSE__CLOCK_SAMPLES;
  if (clock->count < BOURSE__CLOCK_SAMPLES) clock->count++;
  clock->median = median(clock);
  return BOURSE_OK;
}

uint32_t bourse__clock_offset_count(const bourse__clock_offset *clock) { return clock->count; }

int64_t bourse__clock_offset_ns(const bourse__clock_offset *clock) {
  return clock->count == 0 ? 0 : clock->offset_ns[clock->median];
}

int64_t bourse__clock_offset_round_trip_ns(const bourse__clock_offset *clock) {
  return clock->count == 0 ? 0 : clock->round_trip_ns[clock->median];
}

int64_t bourse__clock_offset_updated_ns(const bourse__clock_offset *clock) { return clock->received_ns; }

void bourse__clock_offset_reset(bourse__clock_offset *clock) { memset(clock, 0, sizeof *clock); }
