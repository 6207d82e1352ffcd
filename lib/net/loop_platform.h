/* net/loop_platform.h - what a platform gives the loop: a pollable set of descriptors, an alarm and a wake-up in it.
 * loop_epoll.c is the one for Linux, loop_kqueue.c, untested, the one for BSD and macOS; the Makefile chooses. */
#ifndef NET_LOOP_PLATFORM_H
#define NET_LOOP_PLATFORM_H

#include "net/loop.h"

typedef struct bourse__poller {
  int fd;      /* the set itself, pollable */
  int wake_fd; /* written to wake up */
  int alarm_fd; /* -1: none */
} bourse__poller;

typedef struct bourse__poll_event {
  bourse__watch *watch;
  uint32_t events; /* BOURSE__READABLE ... */
} bourse__poll_event;

/* All return BOURSE_OK or BOURSE_ERROR_IO. */
int32_t bourse__poller_open(bourse__poller *poller, int32_t with_alarm);
void bourse__poller_close(bourse__poller *poller);

/* From the events `before` (0: not in the set) to `after` (0: taken out). Taking out never fails. */
int32_t bourse__poller_change(bourse__poller *poller, bourse__watch *watch, int fd, uint32_t before, uint32_t after);

/* Makes the set readable at that time of the system's monotonic clock, until the alarm is next set or wait is
 * called. */
int32_t bourse__poller_set_alarm(bourse__poller *poller, int64_t at_monotonic_ns);

/* Waits (negative: without limit) and fills at most `size` events. *out_signals gets BOURSE__SIGNAL_*; these are
 * taken in. Returns the number of events. A signal handler ends the wait with 0 events and
 * BOURSE__SIGNAL_INTERRUPTED. */
#define BOURSE__SIGNAL_WAKEUP 1u
#define BOURSE__SIGNAL_ALARM 2u
#define BOURSE__SIGNAL_INTERRUPTED 4u
#define BOURSE__SIGNAL_MORE 8u /* `size` was too small: call again */
int32_t bourse__poller_wait(bourse__poller *poller, bourse__poll_event *out, int32_t size, int64_t wait_ns,
                            uint32_t *out_signals);

/* Any thread, any signal handler; leaves errno as it was. */
void bourse__poller_wakeup(const bourse__poller *poller);

/* The system's clocks. */
int64_t bourse__system_now_ns(void);
int64_t bourse__system_monotonic_ns(void);

#endif
