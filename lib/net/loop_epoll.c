/* net/loop_epoll.c - the loop's platform part for Linux: epoll, timerfd, eventfd. */
#include "net/loop_platform.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <bourse/error.h>

#define NS_PER_S 1000000000LL
#define NS_PER_MS 1000000LL
#define BATCH_MAX 64

static int add_own(const bourse__poller *poller, const int *own) {
  struct epoll_event event;
  memset(&event, 0, sizeof event);
  event.events = EPOLLIN;
  event.data.ptr = (void *)(uintptr_t)own; /* told apart from watches by its address */
  return epoll_ctl(poller->fd, EPOLL_CTL_ADD, *own, &event);
}

int32_t bourse__poller_open(bourse__poller *poller, int32_t with_alarm) {
  poller->alarm_fd = -1;
  poller->wake_fd = -1;
  poller->fd = epoll_create1(EPOLL_CLOEXEC);
  if (poller->fd < 0) return BOURSE_ERROR_IO;
  poller->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (poller->wake_fd < 0 || add_own(poller, &poller->wake_fd) != 0) goto failed;
  if (with_alarm) {
    poller->alarm_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (poller->alarm_fd < 0 || add_own(poller, &poller->alarm_fd) != 0) goto failed;
  }
  return BOURSE_OK;
failed:
  bourse__poller_close(poller);
  return BOURSE_ERROR_IO;
}

void bourse__poller_close(bourse__poller *poller) {
  if (poller->alarm_fd >= 0) close(poller->alarm_fd);
  if (poller->wake_fd >= 0) close(poller->wake_fd);
  if (poller->fd >= 0) close(poller->fd);
  poller->fd = poller->wake_fd = poller->alarm_fd = -1;
}

int32_t bourse__poller_change(bourse__poller *poller, bourse__watch *watch, int fd, uint32_t before, uint32_t after) {
  struct epoll_event event;
  memset(&event, 0, sizeof event);
  if (after & BOURSE__READABLE) event.events |= EPOLLIN | EPOLLRDHUP;
  if (after & BOURSE__WRITABLE) event.events |= EPOLLOUT;
  event.data.ptr = watch;
  int operation = after == 0 ? EPOLL_CTL_DEL : before == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  if (epoll_ctl(poller->fd, operation, fd, &event) != 0 && after != 0) return BOURSE_ERROR_IO;
  return BOURSE_OK;
}

int32_t bourse__poller_set_alarm(bourse__poller *poller, int64_t at_monotonic_ns) {
  /* 0 would disarm the timer; anything in the past fires at once. */
  if (at_monotonic_ns < 1) at_monotonic_ns = 1;
  struct itimerspec when;
  memset(&when, 0, sizeof when);
  when.it_value.tv_sec = (time_t)(at_monotonic_ns / NS_PER_S);
  when.it_value.tv_nsec = (long)(at_monotonic_ns % NS_PER_S);
  return timerfd_settime(poller->alarm_fd, TFD_TIMER_ABSTIME, &when, NULL) == 0 ? BOURSE_OK : BOURSE_ERROR_IO;
}

static uint32_t from_epoll(uint32_t events) {
  uint32_t out = 0;
  if (events & (EPOLLIN | EPOLLRDHUP)) out |= BOURSE__READABLE;
  if (events & EPOLLOUT) out |= BOURSE__WRITABLE;
  if (events & (EPOLLERR | EPOLLHUP)) out |= BOURSE__BROKEN;
  return out;
}

static void take_in(int fd) {
  uint64_t count;
  while (read(fd, &count, sizeof count) < 0 && errno == EINTR) continue;
}

static int wait_timeout_ms(int64_t wait_ns) {
  if (wait_ns < 0) return -1;
  int64_t ms = wait_ns / NS_PER_MS + (wait_ns % NS_PER_MS != 0);
  return ms > INT32_MAX ? INT32_MAX : (int)ms;
}

int32_t bourse__poller_wait(bourse__poller *poller, bourse__poll_event *out, int32_t size, int64_t wait_ns,
                            uint32_t *out_signals) {
  struct epoll_event events[BATCH_MAX];
  int room = size < BATCH_MAX ? (int)size : BATCH_MAX;
  *out_signals = 0;
  int n = epoll_wait(poller->fd, events, room, wait_timeout_ms(wait_ns));
  if (n < 0) {
    if (errno != EINTR) return BOURSE_ERROR_IO;
    *out_signals = BOURSE__SIGNAL_INTERRUPTED;
    return 0;
  }
  if (n == room) *out_signals |= BOURSE__SIGNAL_MORE;
  int32_t count = 0;
  for (int i = 0; i < n; i++) {
    if (events[i].data.ptr == &poller->wake_fd) {
      take_in(poller->wake_fd);
      *out_signals |= BOURSE__SIGNAL_WAKEUP;
    } else if (events[i].data.ptr == &poller->alarm_fd) {
      take_in(poller->alarm_fd);
      *out_signals |= BOURSE__SIGNAL_ALARM;
    } else {
      out[count].watch = events[i].data.ptr;
      out[count++].events = from_epoll(events[i].events);
    }
  }
  return count;
}

void bourse__poller_wakeup(const bourse__poller *poller) {
  int saved = errno;
  uint64_t one = 1;
  /* EAGAIN: the counter is full, so the wake-up is pending anyway. */
  while (write(poller->wake_fd, &one, sizeof one) < 0 && errno == EINTR) continue;
  errno = saved;
}

static int64_t read_clock(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return (int64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

int64_t bourse__system_now_ns(void) { return read_clock(CLOCK_REALTIME); }
int64_t bourse__system_monotonic_ns(void) { return read_clock(CLOCK_MONOTONIC); }
