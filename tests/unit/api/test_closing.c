/* Handles close in any order, and results outlive them: freed from another thread, as garbage collectors do. Run it under ASan and
 * TSan too. */
#include <bourse.h>

#include <pthread.h>

#include "test.h"

enum { TICKER, BALANCES, PAPER, BINANCE, STREAM, CONTEXT, THINGS };

typedef struct things {
  bourse_context *context;
  bourse_exchange *paper, *binance;
  bourse_stream *stream;
  bourse_result *ticker, *balances;
} things;

static void open_all(things *out) {
  bourse_param host = {"*", "http://127.0.0.1:9", 0, 0}; /* nobody answers there */
  bourse_options options = BOURSE_OPTIONS_INIT;
  options.hosts = &host;
  options.host_count = 1;
  memset(out, 0, sizeof *out);
  CHECK_INT(bourse_context_new(&out->context, NULL), BOURSE_OK);
  CHECK_INT(bourse_open(&out->paper, out->context, "paper", NULL), BOURSE_OK);
  CHECK_INT(bourse_open(&out->binance, out->context, "binance", &options), BOURSE_OK);
  CHECK_INT(bourse_watch_ticker(&out->stream, out->binance, "BTC/USDT"), BOURSE_OK);
  CHECK_INT(bourse_fetch_ticker(&out->ticker, out->paper, "BTC/USDT"), BOURSE_OK);
  CHECK_INT(bourse_fetch_balances(&out->balances, out->paper, 0), BOURSE_OK);
}

/* What is still open can still be used, whatever else is gone. */
static void use(const things *all, const int32_t *gone) {
  if (!gone[TICKER]) CHECK_STR(bourse_result_ticker(all->ticker, 0)->symbol, "BTC/USDT");
  if (!gone[BALANCES]) CHECK(bourse_result_balance(all->balances, 0)->currency != NULL);
  if (!gone[STREAM]) CHECK_INT(bourse_stream_operation(all->stream), BOURSE_OP_WATCH_TICKER);
  if (!gone[STREAM] && gone[BINANCE]) CHECK(bourse_stream_exchange(all->stream) == NULL);
  if (!gone[PAPER]) CHECK_STR(bourse_exchange_name(all->paper), "paper");
  if (!gone[PAPER] && gone[CONTEXT]) {
    bourse_result *none = NULL;
    CHECK_INT(bourse_fetch_ticker(&none, all->paper, "BTC/USDT"), BOURSE_ERROR_STATE);
  }
  if (!gone[CONTEXT]) bourse_run(all->context, 0);
}

static void close_one(const things *all, int32_t which) {
  switch (which) {
    case TICKER: bourse_result_free(all->ticker); break;
    case BALANCES: bourse_result_free(all->balances); break;
    case PAPER: bourse_close(all->paper); break;
    case BINANCE: bourse_close(all->binance); break;
    case STREAM: bourse_stream_close(all->stream); break;
    default: bourse_context_free(all->context); break;
  }
}

TEST(handles_close_in_any_order) {
  for (int32_t order = 0; order < 720; order++) {
    things all;
    int32_t gone[THINGS] = {0};
    open_all(&all);
    for (int32_t left = THINGS, rest = order; left > 0; left--) {
      int32_t nth = rest % left, which = 0;
      rest /= left;
      for (; gone[which] || nth > 0; which++) nth -= !gone[which];
      close_one(&all, which);
      gone[which] = 1;
      use(&all, gone);
    }
  }
}

static void *free_results(void *user_data) {
  const things *all = user_data;
  static const char *text = "BTC/USDT";
  int same = strcmp(bourse_result_ticker(all->ticker, 0)->symbol, text) == 0;
  bourse_result_free(all->ticker);
  bourse_result_free(all->balances);
  return same ? NULL : user_data;
}

TEST(results_are_freed_by_another_thread_while_the_exchange_works_on) {
  things all;
  open_all(&all);
  for (int i = 0; i < 50; i++) {
    pthread_t thread;
    void *failed = NULL;
    bourse_result *more = NULL;
    things given = all;
    CHECK_INT(pthread_create(&thread, NULL, free_results, &given), 0);
    CHECK_INT(bourse_fetch_order_book(&more, all.paper, "BTC/USDT", 5), BOURSE_OK);
    CHECK_INT(pthread_join(thread, &failed), 0);
    CHECK(failed == NULL);
    bourse_result_free(more);
    CHECK_INT(bourse_fetch_ticker(&all.ticker, all.paper, "BTC/USDT"), BOURSE_OK);
    CHECK_INT(bourse_fetch_balances(&all.balances, all.paper, 0), BOURSE_OK);
  }
  close_one(&all, STREAM);
  close_one(&all, BINANCE);
  close_one(&all, PAPER);
  close_one(&all, CONTEXT);
  CHECK(free_results(&all) == NULL); /* after everything is gone */
}

TEST(nothing_is_fine_everywhere) {
  bourse_result_free(NULL);
  bourse_close(NULL);
  bourse_stream_close(NULL);
  bourse_context_free(NULL);
}

TEST_MAIN()
