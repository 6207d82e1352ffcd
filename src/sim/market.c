/* sim/market.c - what money is worth, and its moves; public trades, spans of candles, and books as deep as they are told. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core.h"
#include "desk.h"

#define FIRST_TRADE UINT64_C(3000000000) /* of those before the simulation began: below SIM_FIRST_ID */

/* --- Trades --- */

static void keep_trade(sim_tape *tape, const paper_trade *trade) {
  if (tape->count == SIM_TRADES) {
    tape->items[tape->first] = *trade;
    tape->first = (tape->first + 1) % SIM_TRADES;
  } else {
    tape->items[(tape->first + tape->count++) % SIM_TRADES] = *trade;
  }
}

void sim_keep_trade(sim *s, const paper_trade *trade) { keep_trade(&s->tapes[trade->market], trade); }

void sim_tapes_open(sim *s) { s->tapes = sim_alloc(PAPER_MARKETS * sizeof *s->tapes); }

static const sim_tape *tape_of(sim *s, uint32_t market) {
  sim_tape *tape = &s->tapes[market];
  if (tape->has_past) return tape;
  sim_tape *begun = sim_alloc(sizeof *begun);
  *begun = *tape;
  *tape = (sim_tape){.has_past = 1};
  for (int64_t i = SIM_TRADES - 1; i >= 0; i--) {
    paper_trade trade;
    int64_t at = (s->start_ns / SIM_SECOND_NS / PAPER_TRADE_SECONDS - i) * PAPER_TRADE_SECONDS;
    if (!bourse__feed_trade(&trade, s->feed, market, at)) continue;
    trade.market = market;
    trade.id = FIRST_TRADE + (uint64_t)tape->count * PAPER_MARKETS + market;
    keep_trade(tape, &trade);
  }
  for (uint32_t i = 0; i < begun->count; i++) keep_trade(tape, &begun->items[(begun->first + i) % SIM_TRADES]);
  free(begun);
  return tape;
}

uint32_t sim_trade_count(sim *s, uint32_t market) { return tape_of(s, market)->count; }

const paper_trade *sim_trade_at(sim *s, uint32_t market, uint32_t index) {
  const sim_tape *tape = tape_of(s, market);
  return index < tape->count ? &tape->items[(tape->first + index) % SIM_TRADES] : NULL;
}

/* --- Money --- */

paper_money sim_worth(sim *s, uint32_t currency, paper_money money) {
  if (strcmp(bourse__paper_currency_code(s->engine, currency), "USDT") == 0) return money;
  for (uint32_t m = 0; m < PAPER_MARKETS; m++) {
    const paper_market *market = bourse__paper_market(s->engine, m);
    if (market->linear || market->base != currency || strcmp(market->about->quote, "USDT") != 0) continue;
    bourse_decimal value = bourse__paper_money_decimal(money),
                   price = bourse__paper_decimal(market->last, market->price_scale);
    paper_money out = 0;
    if (bourse_decimal_mul(&value, &value, &price) == BOURSE_OK &&
        bourse_decimal_round(&value, &value, 8, BOURSE_ROUND_DOWN) == BOURSE_OK)
      (void)bourse__paper_to_money(&out, &value);
    return out;
  }
  return 0;
}

sim_move *sim_move_new(sim *s, sim_moves *moves, uint32_t account, int32_t kind, const char *currency) {
  moves->items = sim_grow(moves->items, (moves->count + 1) * sizeof *moves->items);
  sim_move *move = &moves->items[moves->count++];
  memset(move, 0, sizeof *move);
  move->id = sim_next_number(s);
  move->account = account;
  move->kind = kind;
  move->time_ns = s->now_ns;
  (void)snprintf(move->currency, sizeof move->currency, "%s", currency);
  return move;
}

const sim_move *sim_move_by_key(const sim_moves *moves, uint32_t account, int32_t kind, const char *key) {
  for (uint32_t i = 0; key != NULL && i < moves->count; i++)
    if (moves->items[i].account == account && moves->items[i].kind == kind && strcmp(moves->items[i].key, key) == 0)
      return &moves->items[i];
  return NULL;
}

/* --- Candles --- */

/* First day of the month that a day (since 1970) is in, and of the next one: the civil calendar by counting. */
static int64_t month_edge(int64_t day, int32_t next) {
  static const int32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int64_t first = 0;
  for (int64_t year = 1970;; year++)
    for (int32_t m = 0; m < 12; m++) {
      int32_t leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
      int64_t length = lengths[m] + (m == 1 && leap);
      if (day < first + length) return next ? first + length : first;
      first += length;
    }
}

int64_t sim_candle_open(const sim_interval *interval, int64_t time_ns) {
  if (interval->ns == 0) return month_edge(time_ns / SIM_DAY_NS, 0) * SIM_DAY_NS;
  int64_t shift = interval->ns == 7 * SIM_DAY_NS ? 4 * SIM_DAY_NS : 0; /* weeks begin on Monday; 1970 on Thursday */
  return (time_ns - shift) / interval->ns * interval->ns + shift;
}

int64_t sim_candle_next(const sim_interval *interval, int64_t open_ns) {
  if (interval->ns == 0) return month_edge(open_ns / SIM_DAY_NS, 1) * SIM_DAY_NS;
  return open_ns + interval->ns;
}

paper_bar sim_bar(sim *s, uint32_t market, int32_t which, const sim_interval *interval, int64_t open_ns) {
  paper_bar bar = bourse__feed_bar(s->feed, market, which, open_ns, sim_candle_next(interval, open_ns));
  if (bar.count == 0)
    bar.open = bar.high = bar.low = bar.close = bourse__feed_price(s->feed, market, which, open_ns / SIM_SECOND_NS);
  return bar;
}

/* --- Funding --- */

int64_t sim_premium(sim *s, uint32_t market, int64_t time_ns) {
  int64_t second = time_ns / SIM_SECOND_NS, mark = bourse__feed_price(sim_feed(s), market, BOURSE_PRICE_MARK, second),
          index = bourse__feed_price(sim_feed(s), market, BOURSE_PRICE_INDEX, second);
  return index <= 0 ? 0 : (int64_t)((paper_money)(mark - index) * 100000000 / index);
}

/* The premium, with the interest rate of 0.01 % where the two are within 0.05 % of each other. */
int64_t sim_funding_rate(sim *s, uint32_t market, int64_t time_ns) {
  int64_t premium = sim_premium(s, market, time_ns), toward = 10000 - premium;
  return premium + (toward > 50000 ? 50000 : toward < -50000 ? -50000 : toward);
}

/* --- Books --- */

int64_t sim_visible(const paper_market *market, int32_t side, int64_t price) {
  const paper_side *levels = &market->sides[side == BOURSE_SIDE_BUY ? 0 : 1];
  for (uint32_t i = levels->count; i > 0; i--)
    if (levels->levels[i - 1].price == price) return levels->levels[i - 1].visible;
  return 0;
}

uint32_t sim_read_side(sim *s, uint32_t market, int32_t side, sim_level *out, uint32_t depth) {
  const paper_side *levels = &bourse__paper_market(s->engine, market)->sides[side];
  uint32_t count = 0;
  for (uint32_t i = levels->count; i-- > 0 && count < depth;)
    if (levels->levels[i].visible > 0) out[count++] = (sim_level){levels->levels[i].price, levels->levels[i].visible};
  return count;
}

void sim_ladder_read(sim *s, sim_ladder *ladder, uint32_t market, uint32_t depth) {
  ladder->depth = depth;
  for (int32_t side = 0; side < 2; side++) {
    if (ladder->levels[side] == NULL) ladder->levels[side] = sim_alloc(depth * sizeof(sim_level));
    ladder->count[side] = sim_read_side(s, market, side, ladder->levels[side], depth);
  }
}

void sim_ladder_free(sim_ladder *ladder) {
  for (int32_t side = 0; side < 2; side++) free(ladder->levels[side]);
  memset(ladder, 0, sizeof *ladder);
}

typedef struct follower {
  sim_change change;
  void *user_data;
  uint32_t count;
} follower;

static void tell_change(follower *to, int32_t side, int64_t price, int64_t amount) {
  const sim_level level = {price, amount};
  to->change(to->user_data, side, &level);
  to->count++;
}

static void follow_side(sim *s, const sim_ladder *ladder, uint32_t market, int32_t side, int32_t how,
                        const sim_level *now, uint32_t count, follower *to) {
  const paper_market *m = bourse__paper_market(s->engine, market);
  uint32_t i = 0, k = 0;
  while (i < ladder->count[side] || k < count) {
    const sim_level *before = i < ladder->count[side] ? &ladder->levels[side][i] : NULL,
                    *after = k < count ? &now[k] : NULL;
    int32_t first = before == NULL ? 1 : after == NULL ? -1 : before->price == after->price ? 0 : 2;
    if (first == 2) first = (before->price > after->price) == (side == 0) ? -1 : 1;
    if (first < 0) {
      if (how == SIM_LADDER_SERVER_CUTS ||
          sim_visible(m, side == 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL, before->price) == 0)
        tell_change(to, side, before->price, 0);
      i++;
      continue;
    }
    if (first > 0 || before->amount != after->amount) tell_change(to, side, after->price, after->amount);
    k++;
    if (first == 0) i++;
  }
}

uint32_t sim_ladder_follow(sim *s, sim_ladder *ladder, uint32_t market, int32_t how, sim_change change,
                           void *user_data) {
  follower to = {change, user_data, 0};
  sim_level *now = sim_alloc(ladder->depth * sizeof *now);
  for (int32_t side = 0; side < 2; side++) {
    uint32_t count = sim_read_side(s, market, side, now, ladder->depth);
    follow_side(s, ladder, market, side, how, now, count, &to);
    memcpy(ladder->levels[side], now, count * sizeof *now);
    ladder->count[side] = count;
  }
  free(now);
  return to.count;
}
