#include "net/loop.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <bourse/error.h>

#include "core/arena.h"
#include "net/no_transport.h"
#include "test.h"

#define MS 1000000LL

static bourse__loop *make(const bourse_clock *clock) {
  bourse__loop *loop = NULL;
  CHECK_INT(bourse__loop_new(&loop, &bourse__default_allocator, clock), BOURSE_OK);
  return loop;
}

static int is_readable(int fd, int wait_ms) {
  struct pollfd p = {.fd = fd, .events = POLLIN};
  return poll(&p, 1, wait_ms) == 1;
}

/* A timer or watch that notes when its turn came, and then does what it is told. */
typedef struct noted {
  bourse__loop *loop;
  bourse__timer timer;
  bourse__watch watch;
  int calls;
  int order;
  uint32_t events;
  struct noted *other;
  int64_t again_ns; /* sets itself to this from now; 0: no */
} noted;

static int turns;

static void on_timer(bourse__timer *timer) {
  noted *n = timer->user_data;
  n->calls++;
  n->order = ++turns;
  if (n->again_ns != 0) bourse__timer_set(n->loop, timer, bourse__loop_monotonic_ns(n->loop) + n->again_ns);
}

static void on_timer_clearing_other(bourse__timer *timer) {
  noted *n = timer->user_data;
  n->calls++;
  bourse__timer_clear(n->loop, &n->other->timer);
}

static void on_timer_moving_other(bourse__timer *timer) {
  noted *n = timer->user_data;
  n->calls++;
  bourse__timer_set(n->loop, &n->other->timer, bourse__loop_monotonic_ns(n->loop) + 3600000 * MS);
}

static void on_timer_running(bourse__timer *timer) {
  noted *n = timer->user_data;
  n->calls++;
  CHECK_INT(bourse__loop_run(n->loop, 0), BOURSE_ERROR_STATE);
}

static void on_watch(bourse__watch *watch, uint32_t events) {
  noted *n = watch->user_data;
  n->calls++;
  n->events = events;
}

static void on_watch_reading(bourse__watch *watch, uint32_t events) {
  char byte;
  on_watch(watch, events);
  CHECK_INT(read(watch->fd, &byte, 1), 1);
}

static void on_watch_ending_other(bourse__watch *watch, uint32_t events) {
  noted *n = watch->user_data;
  on_watch_reading(watch, events);
  bourse__loop_unwatch(n->loop, &n->other->watch);
}

static void prepare(noted *n, bourse__loop *loop, void (*timer)(bourse__timer *),
                    void (*watch)(bourse__watch *, uint32_t)) {
  memset(n, 0, sizeof *n);
  n->loop = loop;
  n->timer.callback = timer;
  n->timer.user_data = n;
  n->watch.callback = watch;
  n->watch.user_data = n;
}

static void make_pair(int fds[2]) {
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0) abort();
}

typedef struct manual {
  int64_t now;
  int64_t monotonic;
} manual;

static int64_t manual_now(void *user_data) { return ((manual *)user_data)->now; }
static int64_t manual_monotonic(void *user_data) { return ((manual *)user_data)->monotonic; }

TEST(an_empty_loop_has_nothing_to_do) {
  bourse__loop *loop = make(NULL);
  CHECK(bourse__loop_fd(loop) >= 0);
  CHECK_INT(bourse__loop_timeout_ms(loop), -1);
  CHECK_INT(bourse__loop_run(loop, 0), 0);
  CHECK(!is_readable(bourse__loop_fd(loop), 0));
  int64_t before = bourse__loop_monotonic_ns(loop);
  CHECK_INT(bourse__loop_run(loop, 20), 0);
  int64_t waited = bourse__loop_monotonic_ns(loop) - before;
  CHECK(waited >= 20 * MS && waited < 2000 * MS);
  bourse__loop_free(loop);
  bourse__loop_free(NULL);
}

TEST(a_ready_descriptor_is_told_until_it_is_drained) {
  bourse__loop *loop = make(NULL);
  int fds[2];
  noted n;
  make_pair(fds);
  prepare(&n, loop, NULL, on_watch);
  CHECK_INT(bourse__loop_watch(loop, &n.watch, fds[0], BOURSE__READABLE), BOURSE_OK);
  CHECK_INT(bourse__loop_run(loop, 0), 0);
  CHECK_INT(write(fds[1], "xy", 2), 2);
  CHECK(is_readable(bourse__loop_fd(loop), 0));
  CHECK_INT(bourse__loop_run(loop, -1), 1);
  CHECK_INT(bourse__loop_run(loop, -1), 1);
  CHECK_INT(n.events, BOURSE__READABLE);
  CHECK_INT(bourse__loop_watch(loop, &n.watch, fds[0], BOURSE__READABLE | BOURSE__WRITABLE), BOURSE_OK);
  CHECK_INT(bourse__loop_run(loop, -1), 1);
  CHECK_INT(n.events, BOURSE__READABLE | BOURSE__WRITABLE);
  CHECK_INT(bourse__loop_watch(loop, &n.watch, fds[0], BOURSE__WRITABLE), BOURSE_OK);
  CHECK_INT(bourse__loop_run(loop, -1), 1);
  CHECK_INT(n.events, BOURSE__WRITABLE);
  close(fds[1]);
  CHECK_INT(bourse__loop_run(loop, -1), 1);
  CHECK(n.events & BOURSE__BROKEN);
  bourse__loop_unwatch(loop, &n.watch);
  bourse__loop_unwatch(loop, &n.watch);
  CHECK_INT(bourse__loop_run(loop, 0), 0);
  CHECK(!is_readable(bourse__loop_fd(loop), 0));
  close(fds[0]);
  bourse__loop_free(loop);
}

TEST(bad_watches_are_refused) {
  bourse__loop *loop = make(NULL);
  int fds[2];
  noted n;
  make_pair(fds);
  prepare(&n, loop, NULL, on_watch);
  CHECK_INT(bourse__loop_watch(loop, &n.watch, -1, BOURSE__READABLE), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__loop_watch(loop, &n.watch, fds[0], 0), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__loop_watch(loop, &n.watch, fds[0], BOURSE__BROKEN), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(bourse__loop_watch(loop, &n.watch, 100000, BOURSE__READABLE), BOURSE_ERROR_IO);
  CHECK_INT(n.watch.events, 0);
  CHECK_INT(bourse__loop_watch(loop, &n.watch, fds[0], BOURSE__READABLE), BOURSE_OK);
  CHECK_INT(bourse__loop_watch(loop, &n.watch, fds[1], BOURSE__READABLE), BOURSE_ERROR_ARGUMENT);
  close(fds[0]);
  bourse__loop_unwatch(loop, &n.watch); /* closed before: not as it should be, but no harm */
  close(fds[1]);
  bourse__loop_free(loop);
}

TEST(a_watch_ended_in_a_callback_is_not_called_any_more) {
  bourse__loop *loop = make(NULL);
  int a[2], b[2];
  noted first, second;
  make_pair(a), make_pair(b);
  prepare(&first, loop, NULL, on_watch_ending_other);
  prepare(&second, loop, NULL, on_watch_ending_other);
  first.other = &second, second.other = &first;
  bourse__loop_watch(loop, &first.watch, a[0], BOURSE__READABLE);
  bourse__loop_watch(loop, &second.watch, b[0], BOURSE__READABLE);
  CHECK_INT(write(a[1], "x", 1) + write(b[1], "x", 1), 2);
  CHECK_INT(bourse__loop_run(loop, 0), 1);
  CHECK_INT(first.calls + second.calls, 1);
  CHECK_INT(bourse__loop_run(loop, 0), 0);
  close(a[0]), close(a[1]), close(b[0]), close(b[1]);
  bourse__loop_free(loop);
}

TEST(more_descriptors_than_a_batch_are_all_handled_in_one_run) {
  enum { COUNT = 150 };
  bourse__loop *loop = make(NULL);
  static noted all[COUNT];
  static int fds[COUNT][2];
  for (int i = 0; i < COUNT; i++) {
    make_pair(fds[i]);
    prepare(&all[i], loop, NULL, on_watch_reading);
    bourse__loop_watch(loop, &all[i].watch, fds[i][0], BOURSE__READABLE);
    CHECK_INT(write(fds[i][1], "x", 1), 1);
  }
  CHECK_INT(bourse__loop_run(loop, 0), COUNT);
  for (int i = 0; i < COUNT; i++) {
    CHECK_INT(all[i].calls, 1);
    close(fds[i][0]), close(fds[i][1]);
  }
  bourse__loop_free(loop);
}

TEST(timers_do_not_starve_while_descriptors_are_always_ready) {
  bourse__loop *loop = make(NULL);
  static noted all[70];
  static int fds[70][2];
  noted t;
  for (int i = 0; i < 70; i++) {
    make_pair(fds[i]);
    prepare(&all[i], loop, NULL, on_watch); /* never drained */
    CHECK_INT(write(fds[i][1], "x", 1), 1);
    bourse__loop_watch(loop, &all[i].watch, fds[i][0], BOURSE__READABLE);
  }
  prepare(&t, loop, on_timer, NULL);
  bourse__timer_set(loop, &t.timer, 0);
  CHECK(bourse__loop_run(loop, 0) > 70);
  CHECK_INT(t.calls, 1);
  for (int i = 0; i < 70; i++) {
    CHECK(all[i].calls > 0);
    close(fds[i][0]), close(fds[i][1]);
  }
  bourse__loop_free(loop);
}

TEST(timers_fire_in_order_of_time_and_of_setting) {
  bourse__loop *loop = make(NULL);
  static noted t[100];
  int64_t now = bourse__loop_monotonic_ns(loop);
  turns = 0;
  for (int i = 0; i < 100; i++) prepare(&t[i], loop, on_timer, NULL);
  for (int i = 0; i < 100; i++) bourse__timer_set(loop, &t[i].timer, now - 1000 + (i * 37) % 50);
  CHECK_INT(bourse__loop_timeout_ms(loop), 0);
  CHECK_INT(bourse__loop_run(loop, 0), 100);
  for (int i = 0; i < 100; i++)
    for (int j = 0; j < 100; j++) {
      int before = (i * 37) % 50 < (j * 37) % 50 || ((i * 37) % 50 == (j * 37) % 50 && i < j);
      if (before && t[i].order > t[j].order) TEST_FAIL("timer %d came after %d", i, j);
    }
  CHECK_INT(bourse__loop_timeout_ms(loop), -1);
  bourse__loop_free(loop);
}

TEST(a_timer_is_waited_for_and_neither_early_nor_lost) {
  bourse__loop *loop = make(NULL);
  noted t;
  prepare(&t, loop, on_timer, NULL);
  int64_t at = bourse__loop_monotonic_ns(loop) + 15 * MS;
  bourse__timer_set(loop, &t.timer, at);
  CHECK_INT(bourse__timer_is_set(&t.timer), 1);
  int64_t timeout = bourse__loop_timeout_ms(loop);
  CHECK(timeout > 0 && timeout <= 15);
  CHECK_INT(bourse__loop_run(loop, 0), 0);
  CHECK_INT(bourse__loop_run(loop, -1), 1);
  CHECK(bourse__loop_monotonic_ns(loop) >= at);
  CHECK_INT(t.calls, 1);
  CHECK_INT(bourse__timer_is_set(&t.timer), 0);
  bourse__loop_free(loop);
}

TEST(the_descriptor_alone_tells_of_timers) {
  bourse__loop *loop = make(NULL);
  noted near, far;
  prepare(&near, loop, on_timer, NULL);
  prepare(&far, loop, on_timer, NULL);
  bourse__timer_set(loop, &far.timer, bourse__loop_monotonic_ns(loop) + 3600000 * MS);
  CHECK(!is_readable(bourse__loop_fd(loop), 0));
  bourse__timer_set(loop, &near.timer, bourse__loop_monotonic_ns(loop) + 10 * MS);
  CHECK(is_readable(bourse__loop_fd(loop), 5000));
  CHECK_INT(bourse__loop_run(loop, 0), 1);
  CHECK(!is_readable(bourse__loop_fd(loop), 0));
  /* Moved back: one idle ring at most, and then the true one. */
  bourse__timer_set(loop, &near.timer, bourse__loop_monotonic_ns(loop) + 10 * MS);
  bourse__timer_set(loop, &near.timer, bourse__loop_monotonic_ns(loop) + 60 * MS);
  CHECK(is_readable(bourse__loop_fd(loop), 5000));
  CHECK_INT(bourse__loop_run(loop, 0), 0);
  CHECK(!is_readable(bourse__loop_fd(loop), 0));
  CHECK(is_readable(bourse__loop_fd(loop), 5000));
  CHECK_INT(bourse__loop_run(loop, 0), 1);
  /* Set inside a callback. */
  near.again_ns = 5 * MS;
  bourse__timer_set(loop, &near.timer, 0);
  CHECK_INT(bourse__loop_run(loop, 0), 1);
  CHECK(is_readable(bourse__loop_fd(loop), 5000));
  bourse__loop_free(loop);
}

TEST(a_timer_that_sets_itself_leaves_others_their_turn) {
  bourse__loop *loop = make(NULL);
  noted greedy, modest;
  prepare(&greedy, loop, on_timer, NULL);
  prepare(&modest, loop, on_timer, NULL);
  greedy.again_ns = -3600000 * MS; /* always the most overdue of all */
  bourse__timer_set(loop, &greedy.timer, 0);
  bourse__timer_set(loop, &modest.timer, 1);
  CHECK_INT(bourse__loop_run(loop, -1), 2);
  CHECK_INT(greedy.calls, 1);
  CHECK_INT(modest.calls, 1);
  CHECK_INT(bourse__loop_run(loop, -1), 1);
  CHECK_INT(greedy.calls, 2);
  bourse__loop_free(loop);
}

TEST(due_timers_can_be_cleared_and_moved_by_those_before_them) {
  bourse__loop *loop = make(NULL);
  noted first, cleared, mover, moved;
  prepare(&first, loop, on_timer_clearing_other, NULL);
  prepare(&cleared, loop, on_timer, NULL);
  prepare(&mover, loop, on_timer_moving_other, NULL);
  prepare(&moved, loop, on_timer, NULL);
  first.other = &cleared;
  mover.other = &moved;
  bourse__timer_set(loop, &first.timer, 1);
  bourse__timer_set(loop, &mover.timer, 2);
  bourse__timer_set(loop, &moved.timer, 3);
  bourse__timer_set(loop, &cleared.timer, 4);
  CHECK_INT(bourse__loop_run(loop, 0), 2);
  CHECK_INT(cleared.calls + moved.calls, 0);
  CHECK_INT(bourse__timer_is_set(&cleared.timer), 0);
  CHECK_INT(bourse__timer_is_set(&moved.timer), 1);
  CHECK(bourse__loop_timeout_ms(loop) > 3500000);
  bourse__timer_clear(loop, &moved.timer);
  bourse__timer_clear(loop, &moved.timer);
  CHECK_INT(bourse__loop_timeout_ms(loop), -1);
  bourse__loop_free(loop);
}

/* Against a plain array: set, moved and cleared at random, the earliest is always the same. */
TEST(the_heap_agrees_with_an_array) {
  enum { COUNT = 64 };
  manual m = {.now = 1, .monotonic = 1};
  bourse_clock clock = {&m, manual_now, manual_monotonic};
  bourse__loop *loop = make(&clock);
  static noted t[COUNT];
  int64_t at[COUNT], base = 3600000 * MS;
  uint32_t seed = 7;
  for (int i = 0; i < COUNT; i++) prepare(&t[i], loop, on_timer, NULL), at[i] = -1;
  for (int step = 0; step < 20000; step++) {
    seed = seed * 1664525u + 1013904223u;
    uint32_t i = (seed >> 24) % COUNT;
    if ((seed >> 8) % 3 == 0) {
      bourse__timer_clear(loop, &t[i].timer);
      at[i] = -1;
    } else {
      at[i] = base + (int64_t)((seed >> 10) % 1000) * 1000 * MS;
      bourse__timer_set(loop, &t[i].timer, at[i]);
    }
    int64_t first = -1;
    for (int j = 0; j < COUNT; j++)
      if (at[j] >= 0 && (first < 0 || at[j] < first)) first = at[j];
    CHECK_INT(bourse__loop_timeout_ms(loop), first < 0 ? -1 : (first - m.monotonic + MS - 1) / MS);
  }
  bourse__loop_free(loop);
}

static void *wake_later(void *loop) {
  usleep(20000);
  bourse__loop_wakeup(loop);
  return NULL;
}

TEST(a_wake_up_from_another_thread_ends_the_wait) {
  bourse__loop *loop = make(NULL);
  pthread_t thread;
  CHECK_INT(pthread_create(&thread, NULL, wake_later, loop), 0);
  CHECK_INT(bourse__loop_run(loop, 60000), 0);
  pthread_join(thread, NULL);
  bourse__loop_wakeup(loop); /* before the run: not lost; twice: one */
  bourse__loop_wakeup(loop);
  CHECK(is_readable(bourse__loop_fd(loop), 0));
  CHECK_INT(bourse__loop_run(loop, 60000), 0);
  CHECK(!is_readable(bourse__loop_fd(loop), 0));
  bourse__loop_free(loop);
}

static bourse__loop *signaled_loop;
static int signals_seen;

static void on_signal(int number) {
  (void)number;
  if (++signals_seen == 3) bourse__loop_wakeup(signaled_loop);
}

TEST(signals_do_not_end_the_wait_but_may_wake_up) {
  bourse__loop *loop = make(NULL);
  struct sigaction action = {.sa_handler = on_signal}, before;
  struct itimerval every = {{0, 10000}, {0, 10000}}, never = {{0, 0}, {0, 0}};
  signaled_loop = loop;
  signals_seen = 0;
  sigaction(SIGALRM, &action, &before);
  setitimer(ITIMER_REAL, &every, NULL);
  int64_t started = bourse__loop_monotonic_ns(loop);
  CHECK_INT(bourse__loop_run(loop, -1), 0);
  CHECK(bourse__loop_monotonic_ns(loop) - started >= 25 * MS);
  CHECK(signals_seen >= 3);
  started = bourse__loop_monotonic_ns(loop);
  CHECK_INT(bourse__loop_run(loop, 35), 0);
  CHECK(bourse__loop_monotonic_ns(loop) - started >= 35 * MS);
  setitimer(ITIMER_REAL, &never, NULL);
  sigaction(SIGALRM, &before, NULL);
  bourse__loop_free(loop);
}

TEST(run_is_refused_inside_a_callback) {
  bourse__loop *loop = make(NULL);
  noted t;
  prepare(&t, loop, on_timer_running, NULL);
  bourse__timer_set(loop, &t.timer, 0);
  CHECK_INT(bourse__loop_run(loop, 0), 1);
  CHECK_INT(t.calls, 1);
  bourse__loop_free(loop);
}

TEST(with_the_hosts_clock_time_is_the_hosts_and_nothing_waits) {
  manual m = {.now = 1700000000000 * MS, .monotonic = 5};
  bourse_clock clock = {&m, manual_now, manual_monotonic}, half = {&m, manual_now, NULL}, none = {0};
  bourse__loop *refused = NULL, *plain = make(&none), *loop = make(&clock);
  CHECK_INT(bourse__loop_new(&refused, &bourse__default_allocator, &half), BOURSE_ERROR_ARGUMENT);
  CHECK(refused == NULL);
  CHECK(bourse__loop_monotonic_ns(plain) != 0);
  CHECK(bourse__loop_now_ns(plain) > 1600000000000 * MS);
  noted t;
  prepare(&t, loop, on_timer, NULL);
  CHECK_INT(bourse__loop_now_ns(loop), m.now);
  CHECK_INT(bourse__loop_monotonic_ns(loop), 5);
  bourse__timer_set(loop, &t.timer, 5 + 3600000 * MS);
  CHECK_INT(bourse__loop_timeout_ms(loop), 3600000);
  CHECK_INT(bourse__loop_run(loop, -1), 0);
  m.monotonic += 3600000 * MS - 1;
  CHECK_INT(bourse__loop_timeout_ms(loop), 1);
  CHECK_INT(bourse__loop_run(loop, 10000), 0);
  m.monotonic++;
  CHECK_INT(bourse__loop_timeout_ms(loop), 0);
  CHECK_INT(bourse__loop_run(loop, -1), 1);
  CHECK_INT(t.calls, 1);
  CHECK(!is_readable(bourse__loop_fd(loop), 0));
  bourse__loop_free(loop);
  bourse__loop_free(plain);
}

static void *no_memory(void *user_data, size_t size) {
  (void)user_data, (void)size;
  return NULL;
}

TEST(want_of_memory_is_told) {
  bourse_allocator failing = bourse__default_allocator;
  bourse__loop *loop = NULL;
  failing.allocate = no_memory;
  CHECK_INT(bourse__loop_new(&loop, &failing, NULL), BOURSE_ERROR_MEMORY);
  CHECK(loop == NULL);
}

TEST_MAIN()
