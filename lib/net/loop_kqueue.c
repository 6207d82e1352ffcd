/* net/loop_kqueue.c - the loop's platform part for BSD and macOS: kqueue, whose filters are also the alarm and the wake-up.
 * UNTESTED on such a machine. Over libkqueue on Linux 14 of the 17 tests of the loop pass; the others, of a drained descriptor
 * and of the set being pollable for timers and wake-ups, fail there, and why was not found. */
#include "net/loop_platform.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/types.h>

#include <sys/event.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <bourse/error.h>

#define NS_PER_S  1000000000LL
#define BATCH_MAX 64
#define OWN       1 /* the identifier of both filters of our own */

/* Members are of other types on each system, so they are set one by one. */
static int change(const bourse__poller *poller, int fd, int own, int kind, int flags, bourse__watch *watch) {
  struct kevent event;
  memset(&event, 0, sizeof event);
  event.ident = (uintptr_t)(own ? OWN : fd);
  event.filter = (__typeof__(event.filter))kind;
  event.flags = (__typeof__(event.flags))flags;
  event.udata = (__typeof__(event.udata))watch;
  return kevent(poller->fd, &event, 1, NULL, 0, NULL);
}

int32_t bourse__poller_open(bourse__poller *poller, int32_t with_alarm) {
  poller->wake_fd = -1;
  poller->alarm_fd = with_alarm ? 0 : -1; /* no descriptor of its own */
  poller->fd = kqueue();
  if (poller->fd < 0) return BOURSE_ERROR_IO;
  if (fcntl(poller->fd, F_SETFD, FD_CLOEXEC) != 0 || change(poller, 0, 1, EVFILT_USER, EV_ADD | EV_CLEAR, NULL) != 0) {
    bourse__poller_close(poller);
    return BOURSE_ERROR_IO;
  }
  return BOURSE_OK;
}

void bourse__poller_close(bourse__poller *poller) {
  if (poller->fd >= 0) close(poller->fd);
  poller->fd = poller->wake_fd = poller->alarm_fd = -1;
}

/* Reading and writing are two filters; one that is not there is not missed. */
int32_t bourse__poller_change(bourse__poller *poller, bourse__watch *watch, int fd, uint32_t before, uint32_t after) {
  static const uint32_t wanted[] = {BOURSE__READABLE, BOURSE__WRITABLE};
  static const int kinds[] = {EVFILT_READ, EVFILT_WRITE};
  int32_t code = BOURSE_OK;
  for (int i = 0; i < 2; i++) {
    if ((after & wanted[i]) != 0) {
      if (change(poller, fd, 0, kinds[i], EV_ADD, watch) != 0) code = BOURSE_ERROR_IO;
    } else if ((before & wanted[i]) != 0) {
      (void)change(poller, fd, 0, kinds[i], EV_DELETE, watch);
    }
  }
  return code;
}

int32_t bourse__poller_set_alarm(bourse__poller *poller, int64_t at_monotonic_ns) {
  int64_t left_ns = at_monotonic_ns - bourse__system_monotonic_ns();
  int64_t left_ms = left_ns <= 0 ? 0 : left_ns / 1000000 + (left_ns % 1000000 != 0); /* the unit when none is named */
  struct kevent event;
  if (left_ms > INT32_MAX) left_ms = INT32_MAX;
  memset(&event, 0, sizeof event);
  event.ident = OWN;
  event.filter = EVFILT_TIMER;
  event.flags = EV_ADD | EV_ONESHOT;
  event.data = (__typeof__(event.data))(left_ms < 1 ? 1 : left_ms);
  return kevent(poller->fd, &event, 1, NULL, 0, NULL) == 0 ? BOURSE_OK : BOURSE_ERROR_IO;
}

static uint32_t from_kevent(const struct kevent *event) {
  uint32_t out = 0;
  if (event->filter == EVFILT_READ) out |= BOURSE__READABLE;
  if (event->filter == EVFILT_WRITE) out |= BOURSE__WRITABLE;
  if ((event->flags & EV_ERROR) != 0 || ((event->flags & EV_EOF) != 0 && event->fflags != 0)) out |= BOURSE__BROKEN;
  return out;
}

/* A descriptor that can be read and written is told of twice, and is one event. */
static int32_t put(bourse__poll_event *out, int32_t count, bourse__watch *watch, uint32_t events) {
  for (int32_t i = 0; i < count; i++) {
    if (out[i].watch != watch) continue;
    out[i].events |= events;
    return count;
  }
  out[count] = (bourse__poll_event){watch, events};
  return count + 1;
}

int32_t bourse__poller_wait(bourse__poller *poller, bourse__poll_event *out, int32_t size, int64_t wait_ns,
                            uint32_t *out_signals) {
  struct kevent events[BATCH_MAX];
  int room = size < BATCH_MAX ? (int)size : BATCH_MAX;
  struct timespec wait;
  *out_signals = 0;
  memset(&wait, 0, sizeof wait);
  if (wait_ns > 0) {
    wait.tv_sec = (time_t)(wait_ns / NS_PER_S);
    wait.tv_nsec = (long)(wait_ns % NS_PER_S);
  }
  int n = kevent(poller->fd, NULL, 0, events, room, wait_ns < 0 ? NULL : &wait);
  if (n < 0) {
    if (errno != EINTR) return BOURSE_ERROR_IO;
    *out_signals = BOURSE__SIGNAL_INTERRUPTED;
    return 0;
  }
  if (n == room) *out_signals |= BOURSE__SIGNAL_MORE;
  int32_t count = 0;
  for (int i = 0; i < n; i++) {
    if (events[i].filter == EVFILT_USER)
      *out_signals |= BOURSE__SIGNAL_WAKEUP;
    else if (events[i].filter == EVFILT_TIMER)
      *out_signals |= BOURSE__SIGNAL_ALARM;
    else
      count = put(out, count, (bourse__watch *)events[i].udata, from_kevent(&events[i]));
  }
  return count;
}

void bourse__poller_wakeup(const bourse__poller *poller) {
  int saved = errno;
  struct kevent event;
  memset(&event, 0, sizeof event);
  event.ident = OWN;
  event.filter = EVFILT_USER;
  event.fflags = NOTE_TRIGGER;
  while (kevent(poller->fd, &event, 1, NULL, 0, NULL) < 0 && errno == EINTR) continue;
  errno = saved;
}

static int64_t read_clock(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

int64_t bourse__system_now_ns(void) { return read_clock(CLOCK_REALTIME); }
int64_t bourse__system_monotonic_ns(void) { return read_clock(CLOCK_MONOTONIC); }
