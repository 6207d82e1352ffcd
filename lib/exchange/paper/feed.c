/* paper/feed.c - see feed.h. */
#include "exchange/paper/feed.h"

#include "core/arena.h"
#include "exchange/paper/state.h"

#define KNOT_SECONDS    15  /* the price moves in straight lines between these */
#define OCTAVES         21  /* scales: 15 seconds to half a year */
#define FINE            256 /* parts of a price unit */
#define PPB             INT64_C(1000000000)
#define STEPS_MAX       100000 /* of catching up after a pause */
#define BARS_MAX        525600 /* minutes with trades of the account's, or the host's, that are kept */
#define BEGIN_NS        (INT64_C(1577836800) * PAPER_SECOND_NS) /* 2020-01-01 */
#define STREAM_BASIS    100
#define STREAM_INTEREST 200
#define STREAM_TRADE    300
#define STREAM_DEPTH    400

const paper_character bourse__paper_characters[PAPER_MARKETS] = {
    {"BTC/USDT", 6500000, 1, 350, 40000, 60000, 0, 100, 1, -1, -1},
    {"ETH/USDT", 350000, 1, 20, 6000, 12000, 0, 120, 1, -1, -1},
    {"SOL/USDT", 15000, 1, 1, 60000, 150000, 0, 150, 1, -1, -1},
    {"ETH/BTC", 5385, 1, 1, 4000, 20000, 0, 0, 1, 1, 0},
    {"XRP/USDT", 22000, 1, 2, 60000, 200000, 0, 140, 1, -1, -1},
    {"DOGE/USDT", 15000, 1, 1, 30000, 120000, 0, 150, 1, -1, -1},
    {"BTC/USDT:USDT", 650000, 1, 25, 900, 2500, 82000000, 0, 125, 0, -1},
    {"ETH/USDT:USDT", 350000, 1, 20, 9000, 30000, 1900000000, 0, 100, 1, -1},
};

/* The values at both ends of the step that a point lies in, for each scale. */
typedef struct cursor {
  int64_t step[OCTAVES];
  int64_t from[OCTAVES];
  int64_t to[OCTAVES];
} cursor;

typedef struct feed_market {
  uint64_t trade_key; /* of the random numbers behind trades */
  cursor path;
  cursor basis;
  int64_t knot; /* the newest pair of knot prices that was asked for, of `which` */
  int32_t which;
  int64_t knot_from, knot_to;
  uint64_t absorbed; /* newest trade in the bars */
  paper_ring bars;   /* by minute: what the engine traded */
  int64_t day_minute;
  paper_bar day; /* the last 1439 whole minutes */
} feed_market;

struct paper_feed {
  bourse_allocator allocator;
  paper_engine *engine;
  uint32_t outside;
  int32_t from_host;
  uint64_t seed;
  int64_t second; /* whose depth stands in the book */
  int64_t begin_ns;
  feed_market markets[PAPER_MARKETS];
};

/* --- The path --- */

static uint64_t mix(uint64_t z) {
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

static uint64_t key(const paper_feed *feed, uint64_t stream, uint64_t a) {
  return mix(feed->seed * UINT64_C(0x9e3779b97f4a7c15) + stream * UINT64_C(0xd1342543de82ef95) + a);
}

static uint64_t draw(uint64_t of_key, int64_t b) { return mix(of_key + (uint64_t)b * UINT64_C(0x9e3779b97f4a7c15)); }

static uint64_t hash(const paper_feed *feed, uint64_t stream, uint64_t a, int64_t b) {
  return draw(key(feed, stream, a), b);
}

/* The share of each scale grows with the root of its length, as in a random walk: 0.015 % in 15 seconds. */
static const int64_t amplitude[OCTAVES] = {150000,   212132,   300000,   424264,   600000,   848528,    1200000,
                                           1697056,  2400000,  3394113,  4800000,  6788225,  9600000,   13576450,
                                           19200000, 27152900, 38400000, 54305801, 76800000, 108611601, 153600000};

static int64_t lattice(const paper_feed *feed, uint64_t stream, int32_t octave, int64_t step) {
  return (int64_t)(hash(feed, stream, (uint64_t)octave, step) >> 33) - (INT64_C(1) << 30);
}

/* In 10^-9, between about -0.52 and +0.52. Shifts of negative numbers round down here, as they do with every compiler
 * that this library is for. */
static int64_t noise(const paper_feed *feed, cursor *at, uint64_t stream, int64_t knot) {
  int64_t sum = 0;
  for (int32_t o = 0; o < OCTAVES; o++) {
    int64_t step = knot >> o, within = knot - (step << o);
    if (at->step[o] != step + 2) { /* + 2: a zeroed cursor knows nothing of any step from 0 on, nor of the one before */
      at->from[o] = at->step[o] == step + 1 ? at->to[o] : lattice(feed, stream, o, step);
      at->to[o] = lattice(feed, stream, o, step + 1);
      at->step[o] = step + 2;
    }
    int64_t value = at->from[o] + ((at->to[o] - at->from[o]) * within >> o);
    sum += amplitude[o] * (value >> 10) >> 20;
  }
  return sum;
}

static int64_t power_of_ten(int32_t n) {
  int64_t p = 1;
  while (n-- > 0) p *= 10;
  return p;
}

/* Price at a knot, in parts of a price unit. */
static int64_t knot_price(paper_feed *feed, uint32_t index, int32_t which, int64_t knot) {
  const paper_character *like = &bourse__paper_characters[index];
  const paper_market *market = bourse__paper_market(feed->engine, index);
  feed_market *m = &feed->markets[index];
  if (like->of < 0) {
    int64_t base = like->base_price * FINE;
    paper_money moved = (paper_money)base * noise(feed, &m->path, index, knot) * like->volatility / (100 * PPB);
    return base + (int64_t)moved;
  }
  const paper_market *of = bourse__paper_market(feed->engine, (uint32_t)like->of);
  paper_money price = knot_price(feed, (uint32_t)like->of, BOURSE_PRICE_LAST, knot);
  if (like->over >= 0) {
    const paper_market *over = bourse__paper_market(feed->engine, (uint32_t)like->over);
    price *= power_of_ten(market->price_scale + over->price_scale - of->price_scale) * FINE;
    return (int64_t)(price / knot_price(feed, (uint32_t)like->over, BOURSE_PRICE_LAST, knot));
  }
  if (which != BOURSE_PRICE_INDEX) price += price * noise(feed, &m->basis, STREAM_BASIS + index, knot) / 1000 / PPB;
  return (int64_t)(market->price_scale < of->price_scale ? price / power_of_ten(of->price_scale - market->price_scale)
                                                         : price * power_of_ten(market->price_scale - of->price_scale));
}

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

int64_t bourse__feed_price(paper_feed *feed, uint32_t index, int32_t which, int64_t second) {
  feed_market *m = &feed->markets[index];
  int64_t knot = floor_div(second, KNOT_SECONDS), within = second - knot * KNOT_SECONDS;
  if (which == BOURSE_PRICE_MARK) which = BOURSE_PRICE_LAST;
  if (m->knot != knot || m->which != which) {
    int64_t next = m->knot + 1 == knot && m->which == which ? m->knot_to : knot_price(feed, index, which, knot);
    m->knot_from = next;
    m->knot_to = knot_price(feed, index, which, knot + 1);
    m->knot = knot;
    m->which = which;
  }
  int64_t fine = m->knot_from + (m->knot_to - m->knot_from) * within / KNOT_SECONDS;
  int64_t tick = bourse__paper_market(feed->engine, index)->tick, price = fine / FINE;
  if (tick != 1) price -= price % tick;
  return price < tick ? tick : price;
}

/* Most are small, some are large: `typical` times the square of an even spread. */
static int64_t random_amount(uint64_t random, int64_t typical, int64_t step) {
  int64_t part = (int64_t)(random & 0xffff);
  int64_t amount = typical * ((part * part) >> 16) / 65536;
  if (step != 1) amount -= amount % step;
  return amount + step;
}

/* Side and amount of the trade at this second, or the last one before it. */
static int64_t outside_amount(const paper_feed *feed, uint32_t index, int64_t second, int32_t *side) {
  uint64_t random = draw(feed->markets[index].trade_key, floor_div(second, PAPER_TRADE_SECONDS));
  *side = (random >> 40 & 1) != 0 ? BOURSE_SIDE_BUY : BOURSE_SIDE_SELL;
  return random_amount(random, bourse__paper_characters[index].trade_amount,
                       bourse__paper_market(feed->engine, index)->step);
}

/* --- Going on --- */

static void depth_at(paper_feed *feed, uint32_t index, int64_t second, paper_quote *bids, paper_quote *asks) {
  const paper_character *like = &bourse__paper_characters[index];
  const paper_market *market = bourse__paper_market(feed->engine, index);
  int64_t price = bourse__feed_price(feed, index, BOURSE_PRICE_LAST, second);
  int32_t side;
  (void)outside_amount(feed, index, second, &side);
  int64_t ask = side == BOURSE_SIDE_BUY ? price : price + like->spread * market->tick;
  int64_t bid = ask - like->spread * market->tick;
  for (int32_t i = 0; i < PAPER_DEPTH; i++) {
    uint64_t random = hash(feed, STREAM_DEPTH + (uint64_t)i, index, second);
    int64_t typical = like->level_amount * (i + 2) / 2;
    asks[i] = (paper_quote){ask + i * like->spacing * market->tick, random_amount(random, typical, market->step)};
    bids[i] = (paper_quote){bid - i * like->spacing * market->tick, random_amount(random >> 20, typical, market->step)};
  }
}

/* One second of one market. thin: only the best prices, where nobody looks at the depth. */
static int32_t tick(paper_feed *feed, uint32_t index, int64_t second, int32_t thin) {
  paper_quote bids[PAPER_DEPTH], asks[PAPER_DEPTH];
  const paper_market *market = bourse__paper_market(feed->engine, index);
  int32_t side;
  int64_t amount = outside_amount(feed, index, second, &side),
          price = bourse__feed_price(feed, index, BOURSE_PRICE_LAST, second);
  uint32_t levels = thin ? 1 : PAPER_DEPTH;
  depth_at(feed, index, second, bids, asks);
  while (levels > 1 && bids[levels - 1].price < market->tick) levels--;
  int32_t code = bourse__paper_outside_depth(feed->engine, feed->outside, index, bids, levels, asks, levels);
  if (code == BOURSE_OK && (second % PAPER_TRADE_SECONDS == 0 || market->last == 0))
    code = bourse__paper_outside_trade(feed->engine, feed->outside, index, side, price, amount);
  if (code == BOURSE_OK && market->linear)
    bourse__paper_set_mark(feed->engine, index, price, bourse__feed_price(feed, index, BOURSE_PRICE_INDEX, second));
  bourse__feed_absorb(feed);
  return code;
}

/* Whether what happens in the market between two looks at it can matter. */
static int32_t is_watched(const paper_feed *feed, uint32_t market) {
  for (uint32_t a = 0; a < bourse__paper_account_count(feed->engine); a++) {
    const paper_account *account = bourse__paper_account(feed->engine, a);
    const paper_holding *holding = &account->holdings[market];
    if (account->unlimited) continue;
    if (holding->open_orders > 0 || holding->slots[PAPER_LONG].size != 0 || holding->slots[PAPER_SHORT].size != 0)
      return 1;
  }
  return 0;
}

static int32_t one_second(paper_feed *feed, int64_t second, int32_t thin) {
  int32_t code = bourse__feed_reserve(feed);
  if (code != BOURSE_OK) return code;
  bourse__paper_advance(feed->engine, second * PAPER_SECOND_NS);
  bourse__feed_absorb(feed);
  for (uint32_t i = 0; i < PAPER_MARKETS && code == BOURSE_OK; i++)
    if (!thin || is_watched(feed, i)) code = tick(feed, i, second, thin);
  if (code == BOURSE_OK) feed->second = second;
  return code;
}

int32_t bourse__feed_advance(paper_feed *feed, int64_t now_ns) {
  int64_t now = floor_div(now_ns, PAPER_SECOND_NS);
  int32_t code = BOURSE_OK;
  if (!feed->from_host && now > feed->second) {
    int64_t step = (now - feed->second) / STEPS_MAX + 1;
    int32_t watched = 0;
    for (uint32_t i = 0; i < PAPER_MARKETS; i++) watched |= is_watched(feed, i);
    for (int64_t s = feed->second + step; watched && s < now && code == BOURSE_OK; s += step)
      code = one_second(feed, s, 1);
    if (code == BOURSE_OK) code = one_second(feed, now, 0);
  }
  if (code == BOURSE_OK) code = bourse__feed_reserve(feed);
  if (code != BOURSE_OK) return code;
  bourse__paper_advance(feed->engine, now_ns);
  bourse__feed_absorb(feed);
  return BOURSE_OK;
}

int32_t bourse__feed_new(paper_feed **out, const bourse_allocator *allocator, paper_engine *engine, uint32_t outside,
                         uint64_t seed, int32_t from_host, int64_t now_ns) {
  paper_feed *feed = *out = bourse__alloc(allocator, sizeof *feed);
  if (feed == NULL) return BOURSE_ERROR_MEMORY;
  feed->allocator = *allocator;
  feed->engine = engine;
  feed->outside = outside;
  feed->seed = mix(seed + 1);
  feed->from_host = from_host;
  feed->begin_ns = from_host ? now_ns : now_ns < BEGIN_NS ? 0 : BEGIN_NS;
  feed->second = floor_div(now_ns, PAPER_SECOND_NS) - 1;
  for (uint32_t i = 0; i < PAPER_MARKETS; i++) {
    feed->markets[i].bars = (paper_ring){.size = sizeof(paper_bar), .limit = BARS_MAX};
    feed->markets[i].day_minute = INT64_MIN;
    feed->markets[i].trade_key = key(feed, STREAM_TRADE, i);
    feed->markets[i].knot = INT64_MIN;
  }
  return bourse__feed_advance(feed, now_ns);
}

void bourse__feed_free(paper_feed *feed) {
  if (feed == NULL) return;
  bourse_allocator allocator = feed->allocator;
  for (uint32_t i = 0; i < PAPER_MARKETS; i++) bourse__release(&allocator, feed->markets[i].bars.items);
  bourse__release(&allocator, feed);
}

int32_t bourse__feed_is_host(const paper_feed *feed) { return feed->from_host; }
int64_t bourse__feed_begin(const paper_feed *feed) { return feed->begin_ns; }

/* --- Bars --- */

int32_t bourse__feed_reserve(paper_feed *feed) {
  for (uint32_t i = 0; i < PAPER_MARKETS; i++)
    if (!bourse__paper_ring_reserve(feed->engine, &feed->markets[i].bars, 2))
      return bourse__paper_refuse(feed->engine, PAPER_MEMORY, NULL, "out of memory");
  return BOURSE_OK;
}

static void add_trade(paper_bar *bar, const paper_market *market, const paper_trade *trade) {
  paper_money amount = (paper_money)trade->amount * market->unit_amount, cost;
  (void)bourse__paper_cost(&cost, market, trade->price, trade->amount);
  if (bar->count == 0) {
    bar->open = bar->high = bar->low = trade->price;
    bar->first_ns = trade->time_ns;
  }
  if (trade->price > bar->high) bar->high = trade->price;
  if (trade->price < bar->low) bar->low = trade->price;
  bar->close = trade->price;
  bar->last_ns = trade->time_ns;
  bar->count++;
  bar->volume += amount;
  bar->quote += cost;
  if (trade->side != BOURSE_SIDE_BUY) return;
  bar->taker_volume += amount;
  bar->taker_quote += cost;
}

static void add_bar(paper_bar *sum, const paper_bar *bar) {
  if (bar->count == 0) return;
  if (sum->count == 0) {
    int64_t time_ns = sum->time_ns;
    *sum = *bar;
    sum->time_ns = time_ns;
    return;
  }
  if (bar->first_ns < sum->first_ns) {
    sum->open = bar->open;
    sum->first_ns = bar->first_ns;
  }
  if (bar->last_ns >= sum->last_ns) {
    sum->close = bar->close;
    sum->last_ns = bar->last_ns;
  }
  if (bar->high > sum->high) sum->high = bar->high;
  if (bar->low < sum->low) sum->low = bar->low;
  sum->count += bar->count;
  sum->volume += bar->volume;
  sum->quote += bar->quote;
  sum->taker_volume += bar->taker_volume;
  sum->taker_quote += bar->taker_quote;
}

void bourse__feed_absorb(paper_feed *feed) {
  for (uint32_t i = 0; i < PAPER_MARKETS; i++) {
    const paper_market *market = bourse__paper_market(feed->engine, i);
    feed_market *m = &feed->markets[i];
    uint32_t first = market->trades.count;
    while (first > 0) {
      const paper_trade *trade = bourse__paper_ring_at(&market->trades, first - 1);
      if (trade->id <= m->absorbed) break;
      first--;
    }
    for (; first < market->trades.count; first++) {
      const paper_trade *trade = bourse__paper_ring_at(&market->trades, first);
      int64_t minute_ns = floor_div(trade->time_ns, PAPER_MINUTE_NS) * PAPER_MINUTE_NS;
      paper_bar *bar =
          m->bars.count == 0
              ? NULL
              : (paper_bar *)(m->bars.items +
                              (size_t)((m->bars.first + m->bars.count - 1) % m->bars.capacity) * m->bars.size);
      if (bar == NULL || bar->time_ns != minute_ns) {
        bar = bourse__paper_ring_push(&m->bars);
        if (bar == NULL) return;
        memset(bar, 0, sizeof *bar);
        bar->time_ns = minute_ns;
      }
      add_trade(bar, market, trade);
      m->absorbed = trade->id;
    }
  }
}

int32_t bourse__feed_trade(paper_trade *out, paper_feed *feed, uint32_t market, int64_t second) {
  if (feed->from_host || second > feed->second || second % PAPER_TRADE_SECONDS != 0) return 0;
  memset(out, 0, sizeof *out);
  out->time_ns = second * PAPER_SECOND_NS;
  out->amount = outside_amount(feed, market, second, &out->side);
  out->price = bourse__feed_price(feed, market, BOURSE_PRICE_LAST, second);
  out->market = market;
  return 1;
}

/* Index of the first bar not before `from`. */
static uint32_t bar_index(const paper_ring *bars, int64_t from_ns) {
  uint32_t low = 0, high = bars->count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (((const paper_bar *)bourse__paper_ring_at(bars, middle))->time_ns < from_ns)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Trades of the synthetic market in seconds [from, to). What they add up to is counted in units, and made money
 * once. */
static void add_outside(paper_bar *bar, paper_feed *feed, uint32_t index, int32_t which, int64_t from, int64_t to) {
  const paper_market *market = bourse__paper_market(feed->engine, index);
  paper_money amounts = 0, costs = 0, taker_amounts = 0, taker_costs = 0;
  from = (from + PAPER_TRADE_SECONDS - 1) / PAPER_TRADE_SECONDS * PAPER_TRADE_SECONDS;
  for (int64_t s = from; s < to; s += PAPER_TRADE_SECONDS) {
    int64_t price = bourse__feed_price(feed, index, which, s), amount = 0;
    int32_t side = BOURSE_SIDE_SELL;
    if (bar->count++ == 0) {
      bar->open = bar->high = bar->low = price;
      bar->first_ns = s * PAPER_SECOND_NS;
    }
    if (price > bar->high) bar->high = price;
    if (price < bar->low) bar->low = price;
    bar->close = price;
    bar->last_ns = s * PAPER_SECOND_NS;
    if (which != BOURSE_PRICE_LAST) continue;
    amount = outside_amount(feed, index, s, &side);
    amounts += amount;
    costs += (paper_money)price * amount;
    if (side != BOURSE_SIDE_BUY) continue;
    taker_amounts += amount;
    taker_costs += (paper_money)price * amount;
  }
  bar->volume = amounts * market->unit_amount;
  bar->quote = costs * market->unit_cost;
  bar->taker_volume = taker_amounts * market->unit_amount;
  bar->taker_quote = taker_costs * market->unit_cost;
}

paper_bar bourse__feed_bar(paper_feed *feed, uint32_t index, int32_t which, int64_t from_ns, int64_t to_ns) {
  paper_bar sum = {.time_ns = from_ns};
  int64_t from = floor_div(from_ns < feed->begin_ns ? feed->begin_ns : from_ns, PAPER_SECOND_NS);
  int64_t to = floor_div(to_ns, PAPER_SECOND_NS);
  if (to > feed->second + 1) to = feed->second + 1;
  if (!feed->from_host) add_outside(&sum, feed, index, which, from, to);
  if (which != BOURSE_PRICE_LAST) return sum;
  const paper_ring *bars = &feed->markets[index].bars;
  for (uint32_t i = bar_index(bars, from_ns); i < bars->count; i++) {
    const paper_bar *bar = bourse__paper_ring_at(bars, i);
    if (bar->time_ns >= to_ns) break;
    add_bar(&sum, bar);
  }
  return sum;
}

/* The whole minutes are summed once a minute. */
paper_bar bourse__feed_day(paper_feed *feed, uint32_t index) {
  feed_market *m = &feed->markets[index];
  int64_t now_ns = bourse__paper_now(feed->engine), minute = floor_div(now_ns, PAPER_MINUTE_NS);
  if (m->day_minute != minute) {
    m->day =
        bourse__feed_bar(feed, index, BOURSE_PRICE_LAST, (minute - 1439) * PAPER_MINUTE_NS, minute * PAPER_MINUTE_NS);
    m->day_minute = minute;
  }
  paper_bar sum = m->day, running = bourse__feed_bar(feed, index, BOURSE_PRICE_LAST, minute * PAPER_MINUTE_NS,
                                                     (minute + 1) * PAPER_MINUTE_NS);
  add_bar(&sum, &running);
  sum.time_ns = (minute - 1439) * PAPER_MINUTE_NS;
  return sum;
}

int64_t bourse__feed_premium(paper_feed *feed, uint32_t index) {
  paper_money sum = 0;
  if (feed->from_host) return 0;
  for (int64_t knot = feed->second / KNOT_SECONDS, i = 0; i < 20; i++) {
    int64_t spot = knot_price(feed, index, BOURSE_PRICE_INDEX, knot - i);
    sum += (paper_money)(knot_price(feed, index, BOURSE_PRICE_LAST, knot - i) - spot) * PPB / spot;
  }
  return (int64_t)(sum / 20);
}

int64_t bourse__feed_open_interest(paper_feed *feed, uint32_t index) {
  const paper_market *market = bourse__paper_market(feed->engine, index);
  int64_t typical = bourse__paper_characters[index].open_interest, size = 0;
  for (uint32_t a = 0; a < bourse__paper_account_count(feed->engine); a++)
    size += bourse__paper_account(feed->engine, a)->holdings[index].slots[PAPER_LONG].size;
  if (feed->from_host) return size;
  cursor at;
  memset(&at, 0, sizeof at);
  typical += (int64_t)((paper_money)typical * noise(feed, &at, STREAM_INTEREST + index, feed->second / 240) / PPB);
  return typical - typical % market->step + size;
}
