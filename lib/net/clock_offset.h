/* net/clock_offset.h - how far the exchange's clock is from ours. Pure. */
#ifndef NET_CLOCK_OFFSET_H
#define NET_CLOCK_OFFSET_H

#include <stdint.h>

#define BOURSE__CLOCK_SAMPLES 5

/* Zeroed before first use; read through the functions. */
typedef struct bourse__clock_offset {
  int64_t offset_ns[BOURSE__CLOCK_SAMPLES];
  int64_t round_trip_ns[BOURSE__CLOCK_SAMPLES];
  int64_t received_ns;
  uint32_t count; /* samples kept */
  uint32_t next;  /* slot of the next one */
  uint32_t median; /* slot of the median */
} bourse__clock_offset;

/* server_ns was read from the answer to a request sent at sent_ns and answered at received_ns (both our UTC). The
 * newest five samples are kept. BOURSE_ERROR_ARGUMENT, and no sample, when received_ns < sent_ns or a difference
 * overflows. */
int32_t bourse__clock_offset_add(bourse__clock_offset *clock, int64_t sent_ns, int64_t received_ns, int64_t server_ns);

/* Median of what to add to our time to get the exchange's; 0 without samples. */
int64_t bourse__clock_offset_ns(const bourse__clock_offset *clock);

/* Round trip of the sample the median came from: the offset is right to half of it. 0 without samples. */
int64_t bourse__clock_offset_round_trip_ns(const bourse__clock_offset *clock);

/* Samples kept, and when the newest came (our UTC; 0: none). */
uint32_t bourse__clock_offset_count(const bourse__clock_offset *clock);
int64_t bourse__clock_offset_updated_ns(const bourse__clock_offset *clock);

/* Forgets all samples, for when our own clock was set. */
void bourse__clock_offset_reset(bourse__clock_offset *clock);

#endif
