/* The markets of the paper exchange: the synthetic one, and the one that the host feeds. */
#include "paper_bench.h"

/* --- The synthetic market --- */

static void add_to(bourse_decimal *sum, const bourse_decimal *value) {
  if (bourse_decimal_add(sum, sum, value) != BOURSE_OK) abort();
}

TEST(trades_make_minutes_and_minutes_make_hours) {
  bench b;
  bench_open(&b);
  int64_t hour = START / HOUR * HOUR - 5 * HOUR;
  static const char *const symbols[] = {BTC, "ETH/USDT", "ETH/BTC", "DOGE/USDT", "XRP/USDT", "SOL/USDT", PERP};
  for (size_t s = 0; s < sizeof symbols / sizeof symbols[0]; s++) {
    bourse_result *hours = candles(&b, symbols[s], "1h", hour, 0, 1);
    bourse_result *minutes = candles(&b, symbols[s], "1m", hour, hour + HOUR - 1, 0);
    CHECK_INT(bourse_result_count(hours), 1);
    CHECK_INT(bourse_result_count(minutes), 60);
    const bourse_candle *h = bourse_result_candle(hours, 0);
    bourse_decimal volume = dec("0"), quote_volume = dec("0");
    int high = 0, low = 0;
    for (uint32_t i = 0; i < 60 && h != NULL; i++) {
      const bourse_candle *m = bourse_result_candle(minutes, i);
      CHECK_INT(m->time_ns, hour + i * MINUTE);
      CHECK_INT(m->closed, BOURSE_YES);
      CHECK(bourse_decimal_compare(&m->low, &m->open) <= 0 && bourse_decimal_compare(&m->close, &m->high) <= 0);
      CHECK(bourse_decimal_compare(&m->low, &h->low) >= 0 && bourse_decimal_compare(&m->high, &h->high) <= 0);
      high |= bourse_decimal_compare(&m->high, &h->high) == 0;
      low |= bourse_decimal_compare(&m->low, &h->low) == 0;
      add_to(&volume, &m->volume);
      add_to(&quote_volume, &m->quote_volume);
    }
    CHECK(high && low);
    CHECK(h != NULL && bourse_decimal_compare(&volume, &h->volume) == 0);
    CHECK(h != NULL && bourse_decimal_compare(&quote_volume, &h->quote_volume) == 0);
    bourse_request r = about(BOURSE_OP_FETCH_TRADES, symbols[s]);
    r.since_ns = hour + 7 * MINUTE;
    r.until_ns = hour + 8 * MINUTE - 1;
    bourse_result *trades = RUN(r);
    const bourse_candle *m = bourse_result_candle(minutes, 7);
    volume = quote_volume = dec("0");
    for (uint32_t i = 0; i < bourse_result_count(trades); i++) {
      add_to(&volume, &bourse_result_trade(trades, i)->amount);
      add_to(&quote_volume, &bourse_result_trade(trades, i)->cost);
    }
    CHECK_INT(bourse_result_count(trades), 20);
    CHECK(bourse_decimal_compare(&volume, &m->volume) == 0);
    CHECK(bourse_decimal_compare(&quote_volume, &m->quote_volume) == 0);
    CHECK(bourse_decimal_compare(&bourse_result_trade(trades, 0)->price, &m->open) == 0);
    CHECK(bourse_decimal_compare(&bourse_result_trade(trades, 19)->price, &m->close) == 0);
    bourse_result_free(trades);
    bourse_result_free(hours);
    bourse_result_free(minutes);
  }
  bench_close(&b);
}

TEST(candle_ranges) {
  bench b;
  bench_open(&b);
  int64_t minute = START / MINUTE * MINUTE;
  bourse_result *r = candles(&b, BTC, "1m", 0, 0, 3);
  CHECK_INT(bourse_result_count(r), 3);
  CHECK_INT(bourse_result_candle(r, 1)->closed, BOURSE_YES);
  CHECK_INT(bourse_result_candle(r, 2)->time_ns, minute);
  CHECK_INT(bourse_result_candle(r, 2)->closed, BOURSE_NO);
  bourse_result_free(r);
  r = candles(&b, BTC, "1m", minute - 10 * MINUTE + 1, 0, 4);
  CHECK_INT(bourse_result_candle(r, 0)->time_ns, minute - 9 * MINUTE);
  CHECK_INT(bourse_result_count(r), 4);
  bourse_result_free(r);
  r = candles(&b, BTC, "1m", 0, minute - 100 * MINUTE, 2);
  CHECK_INT(bourse_result_candle(r, 1)->time_ns, minute - 100 * MINUTE);
  bourse_result_free(r);
  r = candles(&b, BTC, "1M", 0, 0, 4); /* START is in October 2025 */
  static const char *const months[] = {"2025-07-01", "2025-08-01", "2025-09-01", "2025-10-01"};
  for (uint32_t i = 0; i < 4; i++) {
    int64_t expected;
    CHECK_INT(bourse_time_parse(&expected, months[i]), BOURSE_OK);
    CHECK_INT(bourse_result_candle(r, i)->time_ns, expected);
  }
  bourse_result_free(r);
  r = candles(&b, BTC, "1w", 0, 0, 1);
  int64_t monday;
  CHECK_INT(bourse_time_parse(&monday, "2025-10-06"), BOURSE_OK);
  CHECK_INT(bourse_result_candle(r, 0)->time_ns, monday);
  bourse_result_free(r);
  r = candles(&b, BTC, "1d", 1, 0, 1); /* history begins somewhere */
  int64_t begin;
  CHECK_INT(bourse_time_parse(&begin, "2020-01-01"), BOURSE_OK);
  CHECK_INT(bourse_result_candle(r, 0)->time_ns, begin);
  bourse_result_free(r);
  bourse_request bad = about(BOURSE_OP_FETCH_CANDLES, BTC);
  bad.timeframe = "7m";
  FAILS(bad, BOURSE_ERROR_UNSUPPORTED);
  bad.timeframe = "1m";
  bad.price_kind = BOURSE_PRICE_MARK;
  FAILS(bad, BOURSE_ERROR_UNSUPPORTED);
  bad.symbol = PERP;
  bad.limit = 5;
  r = RUN(bad);
  CHECK_INT(bourse_result_count(r), 5);
  bourse_result_free(r);
  bench_close(&b);
}

static uint64_t sum_of(uint64_t sum, const bourse_decimal *value) {
  return (sum ^ value->low ^ (uint64_t)(uint32_t)value->exponent << 40) * UINT64_C(1099511628211);
}

/* A sum over candles and book; `busy`: many calls on the way there. */
static uint64_t picture(const char *seed, int busy) {
  const bourse_param settings[] = {{"seed", seed, 0, 0}};
  bench b;
  uint64_t sum = 1;
  bourse_result *r = NULL;
  if (bench_open_with(&b, NULL, settings, 1, 0) != BOURSE_OK) abort();
  for (int i = 0; busy && i < 100; i++) {
    b.now_ns = START + i * 7 * SECOND;
    CHECK_INT(bourse_fetch_ticker(&r, b.exchange, BTC), BOURSE_OK);
    bourse_result_free(r);
  }
  b.now_ns = START + 1000 * SECOND;
  r = candles(&b, BTC, "5m", 0, 0, 100);
  CHECK_INT(bourse_result_count(r), 100);
  for (uint32_t i = 0; i < bourse_result_count(r); i++) {
    sum = sum_of(sum, &bourse_result_candle(r, i)->close);
    sum = sum_of(sum, &bourse_result_candle(r, i)->volume);
  }
  bourse_result_free(r);
  CHECK_INT(bourse_fetch_order_book(&r, b.exchange, BTC, 0), BOURSE_OK);
  const bourse_order_book *book = bourse_result_order_book(r, 0);
  CHECK_INT(book->bid_count, 20);
  for (uint32_t i = 0; i < book->bid_count; i++) sum = sum_of(sum_of(sum, &book->bids[i].price), &book->bids[i].amount);
  bourse_result_free(r);
  bench_close(&b);
  return sum;
}

TEST(the_seed_makes_the_market) {
  uint64_t one = picture("1", 0);
  CHECK(picture("1", 0) == one);
  CHECK(picture("1", 1) == one); /* looking does not change it */
  CHECK(picture("2", 0) != one);
}

TEST(books_and_tickers_are_sound) {
  bench b;
  bench_open(&b);
  for (int step = 0; step < 30; step++) {
    b.now_ns += 977 * SECOND;
    for (int32_t product = BOURSE_PRODUCT_SPOT; product <= BOURSE_PRODUCT_LINEAR; product++) {
      bourse_request r = about(BOURSE_OP_FETCH_TICKERS, NULL);
      r.product = product;
      bourse_result *tickers = RUN(r);
      CHECK_INT(bourse_result_count(tickers), product == BOURSE_PRODUCT_SPOT ? 6 : 2);
      for (uint32_t i = 0; i < bourse_result_count(tickers); i++) {
        const bourse_ticker *t = bourse_result_ticker(tickers, i);
        const bourse_market *market;
        CHECK(bourse_decimal_compare(&t->bid, &t->ask) < 0);
        CHECK(bourse_decimal_compare(&t->low, &t->last) <= 0 && bourse_decimal_compare(&t->last, &t->high) <= 0);
        CHECK_INT(bourse_market_find(&market, b.exchange, t->symbol, 0), BOURSE_OK);
        bourse_result *books = NULL;
        CHECK_INT(bourse_fetch_order_book(&books, b.exchange, t->symbol, 0), BOURSE_OK);
        const bourse_order_book *book = bourse_result_order_book(books, 0);
        CHECK_INT(book->ask_count, 20);
        for (uint32_t k = 0; k < book->ask_count; k++) {
          CHECK(bourse_decimal_is_multiple(&book->asks[k].price, &market->price_tick));
          CHECK(bourse_decimal_is_multiple(&book->asks[k].amount, &market->amount_step));
          CHECK(bourse_decimal_sign(&book->asks[k].amount) > 0);
          if (k > 0) CHECK(bourse_decimal_compare(&book->asks[k - 1].price, &book->asks[k].price) < 0);
        }
        bourse_result_free(books);
      }
      bourse_result_free(tickers);
    }
  }
  bench_close(&b);
}

TEST(a_resting_order_is_filled_when_the_market_comes) {
  bench b;
  bourse_result *r = NULL;
  bench_open(&b);
  CHECK_INT(bourse_fetch_ticker(&r, b.exchange, BTC), BOURSE_OK);
  bourse_decimal price = bourse_result_ticker(r, 0)->bid, off = dec("30");
  CHECK_INT(bourse_decimal_sub(&price, &price, &off), BOURSE_OK);
  bourse_result_free(r);
  bourse_order_request order = order_of(BTC, BOURSE_SIDE_BUY, "0.1", "1");
  order.price = price;
  r = PLACE(order);
  char id[32];
  (void)snprintf(id, sizeof id, "%s", bourse_result_order(r, 0)->id);
  CHECK_INT(bourse_result_order(r, 0)->status, BOURSE_ORDER_OPEN);
  bourse_result_free(r);
  b.now_ns += 24 * HOUR; /* one long pause */
  r = candles(&b, BTC, "1m", START, 0, 1440);
  int64_t first = 0;
  for (uint32_t i = 0; i < bourse_result_count(r) && first == 0; i++)
    if (bourse_decimal_compare(&bourse_result_candle(r, i)->low, &price) <= 0)
      first = bourse_result_candle(r, i)->time_ns;
  CHECK(first > 0); /* in a day it moves that far */
  bourse_result_free(r);
  CHECK_INT(bourse_fetch_order(&r, b.exchange, BTC, id, NULL), BOURSE_OK);
  const bourse_order *filled = bourse_result_order(r, 0);
  CHECK_INT(filled->status, BOURSE_ORDER_FILLED);
  CHECK(bourse_decimal_compare(&filled->average, &price) == 0);
  CHECK(filled->fills != NULL && filled->fills[0].role == BOURSE_MAKER);
  CHECK(filled->fills != NULL && filled->fills[0].time_ns >= first && filled->fills[0].time_ns < first + 2 * MINUTE);
  bourse_result_free(r);
  bench_close(&b);
}

/* --- The host's market --- */

TEST(the_host_feeds) {
  bench b;
  bench_open(&b);
  CHECK_INT(quote(&b, BTC, "1", "2"), BOURSE_ERROR_STATE);
  bench_close(&b);
  bench_open_host(&b);
  bourse_result *r;
  CHECK_INT(bourse_fetch_ticker(&r, b.exchange, BTC), BOURSE_OK);
  CHECK(!bourse_decimal_is_present(&bourse_result_ticker(r, 0)->last));
  bourse_result_free(r);
  CHECK_INT(quote(&b, "ADA/USDT", "1", "2"), BOURSE_ERROR_UNKNOWN_SYMBOL);
  CHECK_INT(quote(&b, BTC, "2", "2"), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(quote(&b, BTC, "2.001", "3"), BOURSE_ERROR_ARGUMENT);
  CHECK_STR(bourse_context_error(b.context)->field, "bid");
  CHECK_INT(quote(&b, BTC, "2", NULL), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(trade(&b, BTC, 0, "2", "1"), BOURSE_ERROR_ARGUMENT);
  CHECK_INT(trade(&b, BTC, BOURSE_SIDE_BUY, "-2", "1"), BOURSE_ERROR_ARGUMENT);
  static const char *const prices[] = {"100", "103", "98", "101"};
  for (int i = 0; i < 4; i++) {
    CHECK_INT(trade(&b, BTC, i % 2 == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL, prices[i], "2"), BOURSE_OK);
    b.now_ns += 5 * SECOND;
  }
  b.now_ns += 3 * MINUTE;
  CHECK_INT(trade(&b, BTC, BOURSE_SIDE_BUY, "110", "1"), BOURSE_OK);
  r = candles(&b, BTC, "1m", 0, 0, 10);
  CHECK_INT(bourse_result_count(r), 2);
  const bourse_candle *c = bourse_result_candle(r, 0);
  CHECK_DEC(c->open, "100");
  CHECK_DEC(c->high, "103");
  CHECK_DEC(c->low, "98");
  CHECK_DEC(c->close, "101");
  CHECK_DEC(c->volume, "8");
  CHECK_DEC(c->taker_volume, "4");
  bourse_result_free(r);
  r = candles(&b, BTC, "1d", 0, 0, 10);
  CHECK_INT(bourse_result_count(r), 1);
  CHECK_DEC(bourse_result_candle(r, 0)->quote_volume, "914");
  bourse_result_free(r);
  CHECK_INT(bourse_fetch_trades(&r, b.exchange, BTC, 0, 3), BOURSE_OK);
  CHECK_INT(bourse_result_count(r), 3);
  CHECK_DEC(bourse_result_trade(r, 0)->price, "98");
  CHECK_DEC(bourse_result_trade(r, 2)->price, "110");
  bourse_result_free(r);
  CHECK_INT(bourse_fetch_ticker(&r, b.exchange, BTC), BOURSE_OK);
  CHECK_DEC(bourse_result_ticker(r, 0)->last, "110");
  CHECK_DEC(bourse_result_ticker(r, 0)->change, "10");
  CHECK_DEC(bourse_result_ticker(r, 0)->percent, "10");
  CHECK_DEC(bourse_result_ticker(r, 0)->base_volume, "9");
  bourse_result_free(r);
  bench_close(&b);
}

TEST_MAIN()
