/* paper/public.c - time, markets and public market data. */
#include <inttypes.h>
#include <string.h>

#include "exchange/paper/adapter.h"
#include "exchange/paper/state.h"

#define TRADES_USUAL   100
#define TRADES_MAX     10000
#define CANDLES_USUAL  500
#define CANDLES_MAX    50000
#define EIGHT_HOURS_NS (INT64_C(8) * 3600 * PAPER_SECOND_NS)

int32_t bourse__paper_fetch_time(bourse_call *call) {
  bourse_server_time *out = bourse_append(call, BOURSE_KIND_SERVER_TIME);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->time_ns = call->now_ns;
  return BOURSE_OK;
}

int32_t bourse__paper_fetch_status(bourse_call *call) {
  bourse_system_status *out = bourse_append(call, BOURSE_KIND_SYSTEM_STATUS);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->status = BOURSE_SYSTEM_NORMAL;
  out->message = "the paper exchange works";
  out->time_ns = call->now_ns;
  return BOURSE_OK;
}

int32_t bourse__paper_fetch_markets(bourse_call *call) {
  const paper_state *state = state_of(call);
  for (uint32_t i = 0; i < PAPER_MARKETS; i++) {
    if (call->product != 0 && state->markets[i].product != call->product) continue;
    bourse_market *out = bourse_append(call, BOURSE_KIND_MARKET);
    if (out == NULL) return BOURSE_ERROR_MEMORY;
    *out = state->markets[i];
    out->listed_ns = bourse__feed_begin(state->feed);
  }
  return BOURSE_OK;
}

int32_t bourse__paper_fetch_currencies(bourse_call *call) {
  static const bourse_decimal none = {0, 0, 0, BOURSE_DECIMAL_PRESENT};
  if (call->request->currency != NULL && bourse__paper_currency_of(call, call->request->currency) < 0)
    return BOURSE_ERROR_UNKNOWN_SYMBOL;
  for (int32_t i = 0; i < PAPER_CURRENCIES; i++) {
    const paper_currency_info *info = &bourse__paper_currencies[i];
    if (call->request->currency != NULL && strcmp(call->request->currency, info->code) != 0) continue;
    bourse_currency *out = bourse_append(call, BOURSE_KIND_CURRENCY);
    bourse_network *network = bourse_arena_alloc(call->arena, sizeof *network);
    if (out == NULL || network == NULL) return bourse__paper_memory(call);
    network->network = "PAPER";
    network->id = "PAPER";
    network->name = "no chain at all";
    network->deposit = network->withdraw = network->is_default = BOURSE_YES;
    network->withdraw_fee = none;
    network->withdraw_min = network->withdraw_step = info->step;
    out->currency = out->id = info->code;
    out->name = info->name;
    out->active = out->deposit = out->withdraw = BOURSE_YES;
    out->fiat = BOURSE_NO;
    out->step = out->withdraw_min = info->step;
    out->withdraw_fee = none;
    out->networks = network;
    out->network_count = 1;
  }
  return BOURSE_OK;
}

/* --- Tickers --- */

static void best_of(bourse_decimal *price, bourse_decimal *amount, const paper_market *market, int32_t side) {
  const paper_side *levels = &market->sides[side == BOURSE_SIDE_BUY ? 0 : 1];
  if (levels->count == 0) return;
  const paper_level *level = &levels->levels[levels->count - 1];
  *price = price_of(market, level->price);
  if (level->visible != PAPER_ENDLESS) *amount = amount_of(market, level->visible);
}

static void fill_day(bourse_ticker *out, const paper_market *market, const paper_bar *day, int64_t last) {
  out->open_time_ns = day->time_ns;
  if (day->count == 0) return;
  bourse_decimal now = price_of(market, last), hundred, percent;
  bourse_decimal_from_int64(&hundred, 100);
  out->open = price_of(market, day->open);
  out->high = price_of(market, day->high);
  out->low = price_of(market, day->low);
  out->base_volume = bourse__paper_money_decimal(day->volume);
  out->quote_volume = bourse__paper_money_decimal(day->quote);
  if (market->linear) out->contracts_volume = out->base_volume;
  out->trade_count = day->count;
  (void)bourse_decimal_sub(&out->change, &now, &out->open);
  if (bourse_decimal_mul(&percent, &out->change, &hundred) == BOURSE_OK)
    (void)bourse_decimal_div(&out->percent, &percent, &out->open, 4, BOURSE_ROUND_HALF_EVEN);
  out->vwap = bourse__paper_average(market, day->quote, (int64_t)(day->volume / market->unit_amount), 4);
}

static int32_t add_ticker(bourse_call *call, uint32_t index) {
  paper_state *state = state_of(call);
  const paper_market *market = engine_market(call, index);
  bourse_ticker *out = bourse_append(call, BOURSE_KIND_TICKER);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  int32_t operation = call->operation;
  out->symbol = bourse__paper_characters[index].symbol;
  out->id = market->about->id;
  out->time_ns = call->now_ns;
  if (market->linear && operation != BOURSE_OP_FETCH_BIDS_ASKS && operation != BOURSE_OP_FETCH_LAST_PRICES) {
    if (market->mark != 0) out->mark_price = price_of(market, market->mark);
    if (market->index_price != 0) out->index_price = price_of(market, market->index_price);
  }
  if (operation == BOURSE_OP_FETCH_MARK_PRICES) return BOURSE_OK;
  if (operation != BOURSE_OP_FETCH_BIDS_ASKS && market->last != 0) {
    out->last = price_of(market, market->last);
    if (market->last_amount != 0) out->last_amount = amount_of(market, market->last_amount);
  }
  if (operation == BOURSE_OP_FETCH_LAST_PRICES) return BOURSE_OK;
  best_of(&out->bid, &out->bid_amount, market, BOURSE_SIDE_BUY);
  best_of(&out->ask, &out->ask_amount, market, BOURSE_SIDE_SELL);
  out->update_id = (int64_t)market->update_id;
  if (operation == BOURSE_OP_FETCH_BIDS_ASKS) return BOURSE_OK;
  paper_bar day = bourse__feed_day(state->feed, index);
  fill_day(out, market, &day, market->last);
  if (market->linear) out->open_interest = amount_of(market, bourse__feed_open_interest(state->feed, index));
  return BOURSE_OK;
}

static int32_t for_each(bourse_call *call, int32_t product, int32_t (*add)(bourse_call *call, uint32_t index)) {
  uint32_t count;
  const uint32_t *chosen = bourse__paper_chosen(&count, call, product);
  if (chosen == NULL) return BOURSE_ERROR_MEMORY;
  for (uint32_t i = 0; i < count; i++) {
    int32_t code = add(call, chosen[i]);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}

int32_t bourse__paper_fetch_tickers(bourse_call *call) {
  return for_each(call, call->operation == BOURSE_OP_FETCH_MARK_PRICES ? BOURSE_PRODUCT_LINEAR : call->product,
                  add_ticker);
}

/* --- Book --- */

static const bourse_level *levels_of(bourse_call *call, uint32_t *count, const paper_market *market, int32_t bids) {
  const paper_side *side = &market->sides[bids ? 0 : 1];
  *count = call->limit != 0 && call->limit < side->count ? call->limit : side->count;
  bourse_level *levels = bourse_arena_alloc(call->arena, (*count == 0 ? 1 : *count) * sizeof *levels);
  for (uint32_t i = 0; levels != NULL && i < *count; i++) {
    const paper_level *level = &side->levels[side->count - 1 - i];
    levels[i].price = price_of(market, level->price);
    /* without end is told by the largest order the market takes */
    levels[i].amount = amount_of(market, level->visible < market->amount_max ? level->visible : market->amount_max);
  }
  return levels;
}

int32_t bourse__paper_fetch_order_book(bourse_call *call) {
  uint32_t index = bourse__paper_index(state_of(call), call->market);
  const paper_market *market = engine_market(call, index);
  bourse_order_book *out = bourse_append(call, BOURSE_KIND_ORDER_BOOK);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->symbol = bourse__paper_characters[index].symbol;
  out->id = market->about->id;
  out->time_ns = call->now_ns;
  out->sequence = (int64_t)market->update_id;
  out->bids = levels_of(call, &out->bid_count, market, 1);
  out->asks = levels_of(call, &out->ask_count, market, 0);
  return out->bids == NULL || out->asks == NULL ? bourse__paper_memory(call) : BOURSE_OK;
}

/* --- Trades --- */

static int32_t add_trade(bourse_call *call, const paper_market *market, const paper_trade *trade) {
  bourse_trade *out = bourse_append(call, BOURSE_KIND_TRADE);
  paper_money cost;
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->symbol = bourse__paper_characters[market->index].symbol;
  /* the engine's trades have numbers, those of the synthetic market the second they fell into */
  out->id = trade->id != 0 ? bourse_arena_format(call->arena, "%" PRIu64, trade->id)
                           : bourse_arena_format(call->arena, "t%" PRId64, trade->time_ns / PAPER_SECOND_NS);
  if (out->id == NULL) return bourse__paper_memory(call);
  out->time_ns = trade->time_ns;
  out->side = trade->side;
  out->aggregated = BOURSE_NO;
  out->price = price_of(market, trade->price);
  out->amount = amount_of(market, trade->amount);
  if (market->linear) out->contracts = out->amount;
  if (bourse__paper_cost(&cost, market, trade->price, trade->amount)) out->cost = bourse__paper_money_decimal(cost);
  return BOURSE_OK;
}

/* Index of the first kept trade not before `from`. */
static uint32_t first_from(const paper_ring *trades, int64_t from_ns) {
  uint32_t low = 0, high = trades->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (((const paper_trade *)bourse__paper_ring_at(trades, middle))->time_ns < from_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

int32_t bourse__paper_fetch_trades(bourse_call *call) {
  paper_state *state = state_of(call);
  uint32_t index = bourse__paper_index(state, call->market), limit = call->limit == 0 ? TRADES_USUAL : call->limit;
  const paper_market *market = engine_market(call, index);
  int64_t end = call->until_ns == 0 || call->until_ns > call->now_ns ? call->now_ns : call->until_ns;
  int64_t begin = call->since_ns > bourse__feed_begin(state->feed) ? call->since_ns : bourse__feed_begin(state->feed);
  if (limit > TRADES_MAX)
    return bourse_fail(call, BOURSE_ERROR_BAD_REQUEST, "limit", "limit is %u; at most %d trades are given at once",
                       limit, TRADES_MAX);
  int32_t synthetic = !bourse__feed_is_host(state->feed);
  const int64_t every = PAPER_TRADE_SECONDS * PAPER_SECOND_NS; /* the outside market trades at multiples of this */
  if (call->since_ns == 0 && synthetic) {                      /* so the newest are no further back than here */
    int64_t back = (end / every - (int64_t)(limit - 1)) * every;
    if (back > begin) begin = back;
  }
  uint32_t next = first_from(&market->trades, begin);
  int64_t slot = begin <= 0 ? 0 : (begin - 1) / every + 1;
  uint32_t skip = 0;
  if (call->since_ns == 0) { /* of those from begin to end, the last `limit` */
    uint32_t after = end == INT64_MAX ? market->trades.count : first_from(&market->trades, end + 1);
    int64_t total = (int64_t)(after > next ? after - next : 0);
    if (synthetic && end / every >= slot) total += end / every - slot + 1;
    skip = total > (int64_t)limit ? (uint32_t)(total - (int64_t)limit) : 0;
  }
  while (bourse_appended(call) < limit) {
    const paper_trade *own = bourse__paper_ring_at(&market->trades, next), *first;
    paper_trade outside;
    int32_t has_outside =
        slot * every <= end && bourse__feed_trade(&outside, state->feed, index, slot * PAPER_TRADE_SECONDS);
    if (own != NULL && own->time_ns > end) own = NULL;
    if (own == NULL && !has_outside) break;
    if (own == NULL || (has_outside && outside.time_ns <= own->time_ns)) {
      first = &outside;
      slot++;
    } else {
      first = own;
      next++;
    }
    if (skip > 0) {
      skip--;
      continue;
    }
    int32_t code = add_trade(call, market, first);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}

/* --- Candles --- */

typedef struct timeframe {
  const char *name;
  int64_t minutes; /* 0: a month */
} timeframe;

static const timeframe timeframes[] = {{"1m", 1},    {"3m", 3},    {"5m", 5},    {"15m", 15},   {"30m", 30},
                                       {"1h", 60},   {"2h", 120},  {"4h", 240},  {"6h", 360},   {"8h", 480},
                                       {"12h", 720}, {"1d", 1440}, {"3d", 4320}, {"1w", 10080}, {"1M", 0}};

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

/* Days since 1970 of the first of a month (counted from January 1970), and back: the civil calendar. */
static int64_t month_begin_day(int64_t month) {
  int64_t year = 1970 + floor_div(month, 12), m = month - floor_div(month, 12) * 12 + 1;
  if (m <= 2) year--;
  int64_t era = floor_div(year, 400), of_era = year - era * 400;
  int64_t day_of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719468;
}

static int64_t month_of_day(int64_t day) {
  int64_t month = floor_div(day * 12, 365);
  while (month_begin_day(month) > day) month--;
  while (month_begin_day(month + 1) <= day) month++;
  return month;
}

/* Candles are numbered: which one a time falls into, and when one begins. Weeks begin on Monday. */
static int64_t candle_of(const timeframe *frame, int64_t time_ns) {
  const int64_t day_ns = 1440 * PAPER_MINUTE_NS, monday = 4 * day_ns;
  if (frame->minutes == 0) return month_of_day(floor_div(time_ns, day_ns));
  if (frame->minutes == 10080) return floor_div(time_ns - monday, 7 * day_ns);
  return floor_div(time_ns, frame->minutes * PAPER_MINUTE_NS);
}

static int64_t candle_begin(const timeframe *frame, int64_t number) {
  const int64_t day_ns = 1440 * PAPER_MINUTE_NS;
  if (frame->minutes == 0) return month_begin_day(number) * day_ns;
  if (frame->minutes == 10080) return number * 7 * day_ns + 4 * day_ns;
  return number * frame->minutes * PAPER_MINUTE_NS;
}

static int32_t add_candle(bourse_call *call, const paper_market *market, int32_t which, int64_t begin_ns,
                          int64_t end_ns) {
  paper_bar bar = bourse__feed_bar(state_of(call)->feed, market->index, which, begin_ns, end_ns);
  if (bar.count == 0) return BOURSE_OK; /* a market of the host's in which nothing was traded then */
  bourse_candle *out = bourse_append(call, BOURSE_KIND_CANDLE);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->time_ns = begin_ns;
  out->close_time_ns = end_ns - 1;
  out->open = price_of(market, bar.open);
  out->high = price_of(market, bar.high);
  out->low = price_of(market, bar.low);
  out->close = price_of(market, bar.close);
  out->closed = end_ns <= call->now_ns ? BOURSE_YES : BOURSE_NO;
  if (which != BOURSE_PRICE_LAST) return BOURSE_OK;
  out->volume = bourse__paper_money_decimal(bar.volume);
  out->quote_volume = bourse__paper_money_decimal(bar.quote);
  out->taker_volume = bourse__paper_money_decimal(bar.taker_volume);
  out->taker_quote_volume = bourse__paper_money_decimal(bar.taker_quote);
  out->trade_count = bar.count;
  return BOURSE_OK;
}

static int32_t candle_kind(bourse_call *call, const paper_market *market) {
  int32_t which = call->request->price_kind == 0 ? BOURSE_PRICE_LAST : call->request->price_kind;
  if (which == BOURSE_PRICE_LAST) return which;
  if (which == BOURSE_PRICE_PREMIUM || !market->linear || bourse__feed_is_host(state_of(call)->feed)) {
    (void)bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, "price_kind",
                      "candles are of the last price; on synthetic futures of the mark and index price too");
    return 0;
  }
  return which;
}

/* In a market of the host's most candles may be empty: where the newest `limit` that are not begin. */
static int64_t newest_traded(bourse_call *call, const paper_market *market, const timeframe *frame, int64_t last,
                             uint32_t limit) {
  paper_feed *feed = state_of(call)->feed;
  int64_t first = last + 1, begin = candle_of(frame, bourse__feed_begin(feed));
  for (int64_t i = last; i >= begin && limit > 0; i--) {
    paper_bar bar =
        bourse__feed_bar(feed, market->index, BOURSE_PRICE_LAST, candle_begin(frame, i), candle_begin(frame, i + 1));
    if (bar.count == 0) continue;
    first = i;
    limit--;
  }
  return first;
}

int32_t bourse__paper_fetch_candles(bourse_call *call) {
  paper_state *state = state_of(call);
  const paper_market *market = engine_market(call, bourse__paper_index(state, call->market));
  uint32_t limit = call->limit == 0 ? CANDLES_USUAL : call->limit;
  const timeframe *frame = NULL;
  for (size_t i = 0; i < sizeof timeframes / sizeof timeframes[0]; i++)
    if (strcmp(timeframes[i].name, call->request->timeframe) == 0) frame = &timeframes[i];
  if (frame == NULL)
    return bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, "timeframe",
                       "timeframe is %s; there are 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M",
                       call->request->timeframe);
  if (limit > CANDLES_MAX)
    return bourse_fail(call, BOURSE_ERROR_BAD_REQUEST, "limit", "limit is %u; at most %d candles are given at once",
                       limit, CANDLES_MAX);
  int32_t which = candle_kind(call, market);
  if (which == 0) return BOURSE_ERROR_UNSUPPORTED;
  int64_t end = call->until_ns == 0 || call->until_ns > call->now_ns ? call->now_ns : call->until_ns;
  int64_t last = candle_of(frame, end), first = candle_of(frame, bourse__feed_begin(state->feed));
  if (!bourse__feed_is_host(state->feed) && candle_begin(frame, first) < bourse__feed_begin(state->feed))
    first++;                                              /* only whole ones */
  if (call->since_ns > bourse__feed_begin(state->feed)) { /* those that begin at `since` or later */
    first = candle_of(frame, call->since_ns);
    if (candle_begin(frame, first) < call->since_ns) first++;
  }
  if (call->since_ns == 0 && last - first + 1 > (int64_t)limit) first = last - (int64_t)limit + 1;
  if (bourse__feed_is_host(state->feed) && call->since_ns == 0) first = newest_traded(call, market, frame, last, limit);
  int32_t code = BOURSE_OK;
  for (int64_t i = first; i <= last && bourse_appended(call) < limit && code == BOURSE_OK; i++)
    code = add_candle(call, market, which, candle_begin(frame, i), candle_begin(frame, i + 1));
  return code;
}

/* --- Perpetuals --- */

static int64_t clamp(int64_t value, int64_t low, int64_t high) {
  return value < low ? low : value > high ? high : value;
}

/* premium + clamp(0.01 % - premium, -0.05 %, 0.05 %), all in 10^-9. Shown, never charged. */
static int32_t add_funding(bourse_call *call, uint32_t index) {
  const paper_market *market = engine_market(call, index);
  if (!market->linear) return BOURSE_OK;
  bourse_funding_rate *out = bourse_append(call, BOURSE_KIND_FUNDING_RATE);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  int64_t premium = bourse__feed_premium(state_of(call)->feed, index);
  bourse_decimal rate = bourse__paper_decimal(premium + clamp(100000 - premium, -500000, 500000), 9);
  out->symbol = bourse__paper_characters[index].symbol;
  out->id = market->about->id;
  out->time_ns = call->now_ns;
  out->interval_ns = EIGHT_HOURS_NS;
  out->next_time_ns = (floor_div(call->now_ns, EIGHT_HOURS_NS) + 1) * EIGHT_HOURS_NS;
  (void)bourse_decimal_round(&out->rate, &rate, 8, BOURSE_ROUND_HALF_EVEN);
  out->interest_rate = bourse__paper_decimal(1, 4);
  if (market->mark != 0) out->mark_price = price_of(market, market->mark);
  if (market->index_price != 0) out->index_price = price_of(market, market->index_price);
  return BOURSE_OK;
}

int32_t bourse__paper_fetch_funding_rates(bourse_call *call) {
  return for_each(call, BOURSE_PRODUCT_LINEAR, add_funding);
}

int32_t bourse__paper_fetch_open_interest(bourse_call *call) {
  uint32_t index = bourse__paper_index(state_of(call), call->market);
  const paper_market *market = engine_market(call, index);
  bourse_open_interest *out = bourse_append(call, BOURSE_KIND_OPEN_INTEREST);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  int64_t amount = bourse__feed_open_interest(state_of(call)->feed, index);
  paper_money value;
  out->symbol = bourse__paper_characters[index].symbol;
  out->id = market->about->id;
  out->time_ns = call->now_ns;
  out->amount = out->contracts = amount_of(market, amount);
  if (market->mark != 0 && bourse__paper_cost(&value, market, market->mark, amount))
    out->value = bourse__paper_money_decimal(value);
  return BOURSE_OK;
}
