/* net/loop.h - descriptors, timers and wake-ups behind one pollable descriptor.
 *
 * A loop belongs to one thread at a time; bourse__loop_wakeup alone may be called from any thread or signal handler.
 * Watches and timers are the caller's memory: zeroed before first use, left in place while watched or set. All
 * functions may be called inside callbacks, but bourse__loop_run and bourse__loop_free. */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <bourse/sys/arena.h>
#include <bourse/sys/clock.h>

typedef struct bourse__loop bourse__loop;
typedef struct bourse__watch bourse__watch;
typedef struct bourse__timer bourse__timer;

#define BOURSE__READABLE 1u
#define BOURSE__WRITABLE 2u
#define BOURSE__BROKEN 4u /* hang-up or error; told without being asked for */

struct bourse__watch {
  void (*callback)(bourse__watch *watch, uint32_t events);
  void *user_data;
  int fd;          /* the rest is the loop's */
  uint32_t events; /* 0: not watched */
};

struct bourse__timer {
  void (*callback)(bourse__timer *timer); /* the timer is no longer set when this is called */
  void *user_data;
  int64_t at_monotonic_ns; /* the rest is the loop's */
  uint64_t sequence;
  int32_t state;
  bourse__timer *child;
  bourse__timer *next;
  bourse__timer *previous;
};

/* `clock` is copied; NULL, or one without functions, means the system's. With a host's clock the loop never waits
 * and its descriptor does not tell of timers: only bourse__loop_timeout_ms does, in the host's time. Errors:
 * BOURSE_ERROR_ARGUMENT (one clock function without the other), BOURSE_ERROR_MEMORY, BOURSE_ERROR_IO. */
int32_t bourse__loop_new(bourse__loop **out, const bourse_allocator *allocator, const bourse_clock *clock);

/* Watches and timers still set are forgotten. */
void bourse__loop_free(bourse__loop *loop);

/* Readable when bourse__loop_run has something to do: a descriptor is ready, a timer is due, or a wake-up came. It may
 * also be readable for nothing, at most once per timer set. */
int bourse__loop_fd(const bourse__loop *loop);

/* Time to the next timer, rounded up; 0: due now; -1: none is set. */
int64_t bourse__loop_timeout_ms(const bourse__loop *loop);

/* While held, timers that are set do not make the descriptor readable: for a caller who runs the loop next. */
void bourse__loop_hold(bourse__loop *loop, int32_t held);

/* Waits at most max_wait_ms (negative: without limit) until something was ready or a wake-up came, then handles all
 * that is ready: descriptors first, then due timers. Timers set meanwhile wait for the next run. Returns the number
 * of callbacks made. Errors: BOURSE_ERROR_STATE (called inside a callback), BOURSE_ERROR_IO. */
int32_t bourse__loop_run(bourse__loop *loop, int64_t max_wait_ms);

/* Ends the wait of the present run, or of the next one. */
void bourse__loop_wakeup(bourse__loop *loop);

/* Starts to watch `fd`, or changes the events of a watch on the same fd. Set callback and user_data before. `events`
 * is not 0. A descriptor has one watch at most. Errors: BOURSE_ERROR_ARGUMENT, BOURSE_ERROR_IO (the system refused). */
int32_t bourse__loop_watch(bourse__loop *loop, bourse__watch *watch, int fd, uint32_t events);

/* No callback after this, not even for what is ready already. Call it before closing the descriptor. */
void bourse__loop_unwatch(bourse__loop *loop, bourse__watch *watch);

/* Sets, or moves, a timer. Timers for the same time fire in the order they were set. Needs no memory:
 * always BOURSE_OK. */
int32_t bourse__timer_set(bourse__loop *loop, bourse__timer *timer, int64_t at_monotonic_ns);
void bourse__timer_clear(bourse__loop *loop, bourse__timer *timer);
int32_t bourse__timer_is_set(const bourse__timer *timer);

int64_t bourse__loop_now_ns(const bourse__loop *loop);       /* UTC */
int64_t bourse__loop_monotonic_ns(const bourse__loop *loop);

#endif
