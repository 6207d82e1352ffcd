/* net/loop.c - the loop's common part: watches, timers, and one turn of the loop. */
#include "net/loop.h"

#include <bourse/error.h>

#include "core/arena.h"
#include "net/loop_platform.h"

#define NS_PER_MS 1000000LL
#define BATCH_SIZE 64
#define ROUNDS_MAX 16 /* batches in one run, so that timers come to their turn under any load */
#define NO_ALARM INT64_MAX

struct bourse__loop {
  bourse_allocator allocator;
  bourse_clock clock;
  int32_t host_clock;
  int32_t running;
  bourse__poller poller;
  bourse__timer *first; /* root of a pairing heap: it lives in the timers, so setting one needs no memory */
  uint64_t sequence;
  bourse__timer *due_first; /* taken off the heap in this run, not yet called */
  bourse__timer *due_last;
  int32_t held;     /* the caller is about to run the loop: nothing need call for it */
  int32_t woken;    /* the wake-up is pending for a timer that was due when it was set */
  int64_t alarm_ns; /* what the platform's alarm is set to; may be earlier than the first timer, never later */
  bourse__poll_event batch[BATCH_SIZE];
  int32_t batch_at; /* events from here on are still to be handled */
  int32_t batch_count;
};

int64_t bourse__loop_now_ns(const bourse__loop *loop) {
  return loop->host_clock ? loop->clock.now_ns(loop->clock.user_data) : bourse__system_now_ns();
}

int64_t bourse__loop_monotonic_ns(const bourse__loop *loop) {
  return loop->host_clock ? loop->clock.monotonic_ns(loop->clock.user_data) : bourse__system_monotonic_ns();
}

int32_t bourse__loop_new(bourse__loop **out, const bourse_allocator *allocator, const bourse_clock *clock) {
  *out = NULL;
  int32_t host_clock = clock != NULL && (clock->now_ns != NULL || clock->monotonic_ns != NULL);
  if (host_clock && (clock->now_ns == NULL || clock->monotonic_ns == NULL)) return BOURSE_ERROR_ARGUMENT;
  bourse__loop *loop = bourse__alloc(allocator, sizeof *loop);
  if (loop == NULL) return BOURSE_ERROR_MEMORY;
  loop->allocator = *allocator;
  loop->host_clock = host_clock;
  if (host_clock) loop->clock = *clock;
  loop->alarm_ns = NO_ALARM;
  int32_t error = bourse__poller_open(&loop->poller, !host_clock);
  if (error != BOURSE_OK) {
    bourse__release(allocator, loop);
    return error;
  }
  *out = loop;
  return BOURSE_OK;
}

void bourse__loop_free(bourse__loop *loop) {
  if (loop == NULL) return;
  bourse_allocator allocator = loop->allocator;
  bourse__poller_close(&loop->poller);
  bourse__release(&allocator, loop);
}

int bourse__loop_fd(const bourse__loop *loop) { return loop->poller.fd; }

void bourse__loop_wakeup(bourse__loop *loop) { bourse__poller_wakeup(&loop->poller); }

/* Watches. */

int32_t bourse__loop_watch(bourse__loop *loop, bourse__watch *watch, int fd, uint32_t events) {
  if (fd < 0 || events == 0 || (events & ~(BOURSE__READABLE | BOURSE__WRITABLE)) != 0) return BOURSE_ERROR_ARGUMENT;
  if (watch->events != 0 && watch->fd != fd) return BOURSE_ERROR_ARGUMENT;
  if (watch->events == events) return BOURSE_OK;
  int32_t error = bourse__poller_change(&loop->poller, watch, fd, watch->events, events);
  if (error != BOURSE_OK) return error;
  watch->fd = fd;
  watch->events = events;
  return BOURSE_OK;
}

void bourse__loop_unwatch(bourse__loop *loop, bourse__watch *watch) {
  if (watch->events == 0) return;
  bourse__poller_change(&loop->poller, watch, watch->fd, watch->events, 0);
  watch->events = 0;
  for (int32_t i = loop->batch_at; i < loop->batch_count; i++)
    if (loop->batch[i].watch == watch) loop->batch[i].watch = NULL;
}

/* Timers. Those set are in a pairing heap: `child` is a node's first child, `next` its sibling, `previous` its sibling
 * before or, of a first child, its parent. Those due are in a list. */

#define TIMER_SET 1
#define TIMER_DUE 2

static int32_t earlier(const bourse__timer *a, const bourse__timer *b) {
  if (a->at_monotonic_ns != b->at_monotonic_ns) return a->at_monotonic_ns < b->at_monotonic_ns;
  return a->sequence < b->sequence;
}

/* Of two heaps (either may be NULL) one. */
static bourse__timer *merge(bourse__timer *a, bourse__timer *b) {
  if (a == NULL) return b;
  if (b == NULL) return a;
  bourse__timer *root = earlier(a, b) ? a : b, *other = root == a ? b : a;
  other->previous = root;
  other->next = root->child;
  if (root->child != NULL) root->child->previous = other;
  root->child = other;
  return root;
}

/* Of the heaps in a list of siblings one: by pairs from the left, then all together from the right. */
static bourse__timer *merge_siblings(bourse__timer *sibling) {
  bourse__timer *pairs = NULL, *all = NULL;
  while (sibling != NULL) {
    bourse__timer *a = sibling, *b = a->next;
    sibling = b != NULL ? b->next : NULL;
    a->next = a->previous = NULL;
    if (b != NULL) b->next = b->previous = NULL;
    a = merge(a, b);
    a->next = pairs;
    pairs = a;
  }
  while (pairs != NULL) {
    bourse__timer *next = pairs->next;
    pairs->next = NULL;
    all = merge(all, pairs);
    pairs = next;
  }
  return all;
}

static void heap_remove(bourse__loop *loop, bourse__timer *timer) {
  bourse__timer *below = merge_siblings(timer->child);
  if (timer == loop->first) {
    loop->first = below;
  } else {
    *(timer->previous->child == timer ? &timer->previous->child : &timer->previous->next) = timer->next;
    if (timer->next != NULL) timer->next->previous = timer->previous;
    loop->first = merge(loop->first, below);
  }
  timer->child = timer->next = timer->previous = NULL;
  timer->state = 0;
}

static void due_append(bourse__loop *loop, bourse__timer *timer) {
  timer->state = TIMER_DUE;
  timer->previous = loop->due_last;
  *(loop->due_last != NULL ? &loop->due_last->next : &loop->due_first) = timer;
  loop->due_last = timer;
}

static void due_remove(bourse__loop *loop, bourse__timer *timer) {
  *(timer->previous != NULL ? &timer->previous->next : &loop->due_first) = timer->next;
  *(timer->next != NULL ? &timer->next->previous : &loop->due_last) = timer->previous;
  timer->next = timer->previous = NULL;
  timer->state = 0;
}

/* Setting the alarm is a system call, so it is moved forward only when a timer needs it, and never back: a request
 * whose deadline was cleared costs nothing, and the alarm's one idle ring sets it anew. For a timer that is due already
 * the wake-up serves as well, at a tenth of the cost. */
static int32_t arm(bourse__loop *loop) {
  if (loop->host_clock || loop->running || loop->held || loop->first == NULL) return BOURSE_OK;
  int64_t first = loop->first->at_monotonic_ns;
  if (first >= loop->alarm_ns) return BOURSE_OK;
  if (first <= bourse__system_monotonic_ns()) {
    if (!loop->woken) bourse__poller_wakeup(&loop->poller);
    loop->woken = 1;
    return BOURSE_OK;
  }
  int32_t error = bourse__poller_set_alarm(&loop->poller, first);
  if (error == BOURSE_OK) loop->alarm_ns = first;
  return error;
}

void bourse__loop_hold(bourse__loop *loop, int32_t held) {
  loop->held = held;
  arm(loop);
}

int32_t bourse__timer_set(bourse__loop *loop, bourse__timer *timer, int64_t at_monotonic_ns) {
  bourse__timer_clear(loop, timer);
  timer->at_monotonic_ns = at_monotonic_ns;
  timer->sequence = ++loop->sequence;
  timer->state = TIMER_SET;
  loop->first = merge(loop->first, timer);
  arm(loop); /* the system refuses no valid alarm; if it did, bourse__loop_run would say so */
  return BOURSE_OK;
}

void bourse__timer_clear(bourse__loop *loop, bourse__timer *timer) {
  if (timer->state == TIMER_DUE) due_remove(loop, timer);
  if (timer->state == TIMER_SET) heap_remove(loop, timer);
}

int32_t bourse__timer_is_set(const bourse__timer *timer) { return timer->state != 0; }

int64_t bourse__loop_timeout_ms(const bourse__loop *loop) {
  if (loop->due_first != NULL) return 0;
  if (loop->first == NULL) return -1;
  int64_t now = bourse__loop_monotonic_ns(loop);
  int64_t at = loop->first->at_monotonic_ns;
  if (at <= now) return 0;
  uint64_t left = (uint64_t)at - (uint64_t)now;
  return (int64_t)(left / NS_PER_MS + (left % NS_PER_MS != 0));
}

/* One turn. */

static int32_t handle_batch(bourse__loop *loop, int32_t count) {
  int32_t handled = 0;
  loop->batch_at = 0;
  loop->batch_count = count;
  while (loop->batch_at < loop->batch_count) {
    bourse__poll_event event = loop->batch[loop->batch_at++];
    if (event.watch == NULL) continue;
    event.watch->callback(event.watch, event.events);
    handled++;
  }
  loop->batch_at = loop->batch_count = 0;
  return handled;
}

/* Due timers leave the heap before the first is called: one that sets itself again cannot keep others from their
 * turn. */
static int32_t handle_timers(bourse__loop *loop) {
  int32_t handled = 0;
  if (loop->first == NULL) return 0;
  int64_t now = bourse__loop_monotonic_ns(loop);
  while (loop->first != NULL && loop->first->at_monotonic_ns <= now) {
    bourse__timer *timer = loop->first;
    heap_remove(loop, timer);
    due_append(loop, timer);
  }
  while (loop->due_first != NULL) {
    bourse__timer *timer = loop->due_first;
    due_remove(loop, timer);
    timer->callback(timer);
    handled++;
  }
  return handled;
}

/* Handles what is ready, waiting for it at most wait_ns. */
static int32_t turn(bourse__loop *loop, int64_t wait_ns, uint32_t *out_signals) {
  int32_t handled = 0;
  uint32_t signals = 0;
  *out_signals = 0;
  for (int round = 0; round < ROUNDS_MAX; round++) {
    int32_t count = bourse__poller_wait(&loop->poller, loop->batch, BATCH_SIZE, wait_ns, &signals);
    if (count < 0) return count;
    *out_signals |= signals;
    loop->running = 1;
    if (signals & BOURSE__SIGNAL_ALARM) loop->alarm_ns = NO_ALARM;
    if (signals & BOURSE__SIGNAL_WAKEUP) loop->woken = 0;
    handled += handle_batch(loop, count);
    loop->running = 0;
    if (!(signals & BOURSE__SIGNAL_MORE)) break;
    wait_ns = 0;
  }
  loop->running = 1;
  handled += handle_timers(loop);
  loop->running = 0;
  int32_t error = arm(loop);
  return error != BOURSE_OK ? error : handled;
}

static int32_t run(bourse__loop *loop, int64_t max_wait_ms) {
  int32_t due = loop->first != NULL && loop->first->at_monotonic_ns <= bourse__loop_monotonic_ns(loop);
  int32_t error = due ? BOURSE_OK : arm(loop);
  if (error != BOURSE_OK) return error;
  int32_t waits = !loop->host_clock && max_wait_ms != 0 && !due;
  int64_t started = waits ? bourse__system_monotonic_ns() : 0;
  int64_t until = INT64_MAX;
  if (max_wait_ms >= 0 && max_wait_ms <= (INT64_MAX - started) / NS_PER_MS) until = started + max_wait_ms * NS_PER_MS;
  int64_t left = !waits ? 0 : until == INT64_MAX ? -1 : until - started;
  for (;;) {
    uint32_t signals;
    int32_t handled = turn(loop, left, &signals);
    if (handled != 0 || !waits || (signals & BOURSE__SIGNAL_WAKEUP)) return handled;
    if (until == INT64_MAX) continue;
    left = until - bourse__system_monotonic_ns();
    if (left <= 0) return 0;
  }
}

int32_t bourse__loop_run(bourse__loop *loop, int64_t max_wait_ms) {
  if (loop->running) return BOURSE_ERROR_STATE;
  int32_t held = loop->held;
  loop->held = 0; /* while we wait the alarm must ring */
  int32_t handled = run(loop, max_wait_ms);
  loop->held = held;
  return handled;
}
