/* paper/setup.c - making an engine, its markets and accounts; its time; reading it. */
#include "core/arena.h"
#include "exchange/paper/state.h"

#define HISTORY_DEFAULT 100000
#define HISTORY_LEAST   16
#define TRADES_DEFAULT  1000
#define BUCKETS_FIRST   256
#define FEE_SCALE_MAX   8

int32_t bourse__paper_new(paper_engine **out, const paper_config *config) {
  *out = NULL;
  paper_engine *engine = bourse__alloc(&config->allocator, sizeof *engine);
  if (engine == NULL) return BOURSE_ERROR_MEMORY;
  engine->config = *config;
  if (engine->config.history_limit == 0) engine->config.history_limit = HISTORY_DEFAULT;
  if (engine->config.history_limit < HISTORY_LEAST) engine->config.history_limit = HISTORY_LEAST;
  if (engine->config.trade_limit == 0) engine->config.trade_limit = TRADES_DEFAULT;
  if (engine->config.self_trade == 0) engine->config.self_trade = BOURSE_SELF_TRADE_CANCEL_MAKER;
  engine->next_id = config->first_id == 0 ? 1 : config->first_id;
  engine->next_expiry_ns = INT64_MAX;
  engine->outside = UINT32_MAX;
  engine->events.size = sizeof(paper_event);
  engine->events.limit = UINT32_MAX;
  engine->bucket_count = BUCKETS_FIRST;
  engine->by_id = bourse__alloc(&config->allocator, BUCKETS_FIRST * sizeof(paper_order *));
  engine->by_client = bourse__alloc(&config->allocator, BUCKETS_FIRST * sizeof(paper_order *));
  if (engine->by_id == NULL || engine->by_client == NULL) {
    bourse__paper_free(engine);
    return BOURSE_ERROR_MEMORY;
  }
  *out = engine;
  return BOURSE_OK;
}

void bourse__paper_free(paper_engine *engine) {
  if (engine == NULL) return;
  bourse_allocator allocator = engine->config.allocator;
  for (uint32_t i = 0; i < engine->market_count; i++) {
    bourse__release(&allocator, engine->markets[i].sides[0].levels);
    bourse__release(&allocator, engine->markets[i].sides[1].levels);
    bourse__release(&allocator, engine->markets[i].trades.items);
  }
  for (uint32_t i = 0; i < engine->account_count; i++) {
    paper_account *account = &engine->accounts[i];
    for (paper_list *list = account->first_list, *next; list != NULL; list = next) {
      next = list->next;
      bourse__release(&allocator, list);
    }
    bourse__release(&allocator, account->balances);
    bourse__release(&allocator, account->holdings);
    bourse__release(&allocator, account->fills.items);
    bourse__release(&allocator, account->ledger.items);
  }
  for (paper_slab *slab = engine->slabs, *next; slab != NULL; slab = next) {
    next = slab->next;
    bourse__release(&allocator, slab);
  }
  bourse__release(&allocator, engine->markets);
  bourse__release(&allocator, engine->accounts);
  bourse__release(&allocator, engine->currencies);
  bourse__release(&allocator, engine->by_id);
  bourse__release(&allocator, engine->by_client);
  bourse__release(&allocator, engine->events.items);
  bourse__release(&allocator, engine);
}

/* Grows *items from `count` to count + 1 items, the new one zeroed. */
static int32_t grow(paper_engine *engine, void **items, size_t count, size_t more, size_t size) {
  char *bigger = bourse__realloc(&engine->config.allocator, *items, (count + more) * size);
  if (bigger == NULL) {
    (void)bourse__paper_refuse(engine, PAPER_MEMORY, NULL, "out of memory");
    return 0;
  }
  memset(bigger + count * size, 0, more * size);
  *items = bigger;
  return 1;
}

int32_t bourse__paper_add_currency(uint32_t *out, paper_engine *engine, const char *code) {
  int64_t known = bourse__paper_currency_index(engine, code);
  *out = (uint32_t)known;
  if (known >= 0) return BOURSE_OK;
  if (code == NULL || code[0] == '\0' || strlen(code) >= PAPER_CODE_SIZE)
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "currency", "a currency code has 1 to %d characters",
                                PAPER_CODE_SIZE - 1);
  void *items = engine->currencies;
  if (!grow(engine, &items, engine->currency_count, 1, sizeof(paper_currency))) return BOURSE_ERROR_MEMORY;
  engine->currencies = items;
  for (uint32_t a = 0; a < engine->account_count; a++) {
    items = engine->accounts[a].balances;
    if (!grow(engine, &items, (size_t)engine->currency_count * PAPER_WALLETS, PAPER_WALLETS, sizeof(paper_balance)))
      return BOURSE_ERROR_MEMORY;
    engine->accounts[a].balances = items;
  }
  *out = engine->currency_count++;
  memcpy(engine->currencies[*out].code, code, strlen(code) + 1);
  return BOURSE_OK;
}

int32_t bourse__paper_add_account(uint32_t *out, paper_engine *engine, int32_t unlimited) {
  void *items = engine->accounts;
  if (!grow(engine, &items, engine->account_count, 1, sizeof(paper_account))) return BOURSE_ERROR_MEMORY;
  engine->accounts = items;
  paper_account *account = &engine->accounts[engine->account_count];
  account->balances =
      bourse__alloc(&engine->config.allocator, (size_t)engine->currency_count * PAPER_WALLETS * sizeof(paper_balance));
  account->holdings = bourse__alloc(&engine->config.allocator, engine->market_count * sizeof(paper_holding));
  if (account->balances == NULL || account->holdings == NULL) {
    bourse__release(&engine->config.allocator, account->balances);
    bourse__release(&engine->config.allocator, account->holdings);
    return bourse__paper_refuse(engine, PAPER_MEMORY, NULL, "out of memory");
  }
  for (uint32_t i = 0; i < engine->market_count; i++) account->holdings[i].leverage = engine->markets[i].leverage_first;
  account->index = engine->account_count;
  account->unlimited = unlimited;
  account->fills = (paper_ring){.size = sizeof(paper_fill), .limit = engine->config.history_limit};
  account->ledger = (paper_ring){.size = sizeof(paper_ledger), .limit = engine->config.history_limit};
  if (unlimited && engine->outside == UINT32_MAX) engine->outside = account->index;
  *out = engine->account_count++;
  return BOURSE_OK;
}

/* --- Markets --- */

/* Decimals that a positive value needs, at least 0; -1 when it is absent or not positive. */
static int32_t decimals_of(const bourse_decimal *value) {
  bourse_decimal trimmed;
  if (bourse_decimal_sign(value) <= 0) return -1;
  bourse_decimal_trim(&trimmed, value);
  return trimmed.exponent < 0 ? -trimmed.exponent : 0;
}

static int32_t larger(int32_t a, int32_t b) { return a > b ? a : b; }

static int64_t units_or(const bourse_decimal *value, int32_t scale, int64_t otherwise) {
  int64_t units;
  return bourse__paper_units(&units, value, scale) && units > 0 ? units : otherwise;
}

static int32_t read_scales(paper_market *market, const bourse_market *about) {
  static const bourse_decimal zero = {0, 0, 0, BOURSE_DECIMAL_PRESENT};
  const bourse_decimal *maker = bourse_decimal_is_present(&about->maker_fee) ? &about->maker_fee : &zero;
  const bourse_decimal *taker = bourse_decimal_is_present(&about->taker_fee) ? &about->taker_fee : &zero;
  bourse_decimal trimmed_maker, trimmed_taker;
  market->price_scale = decimals_of(&about->price_tick);
  market->amount_scale = decimals_of(&about->amount_step);
  if (market->price_scale < 0 || market->amount_scale < 0) return 0;
  if (bourse_decimal_is_present(&about->market_amount_step))
    market->amount_scale = larger(market->amount_scale, decimals_of(&about->market_amount_step));
  bourse_decimal_trim(&trimmed_maker, maker);
  bourse_decimal_trim(&trimmed_taker, taker);
  market->fee_scale = larger(0, larger(-trimmed_maker.exponent, -trimmed_taker.exponent));
  if (market->fee_scale > FEE_SCALE_MAX) return 0;
  if (market->price_scale + market->amount_scale + market->fee_scale > PAPER_MONEY_SCALE) return 0;
  return bourse__paper_units(&market->maker_rate, maker, market->fee_scale) &&
         bourse__paper_units(&market->taker_rate, taker, market->fee_scale);
}

static paper_money power(int32_t n) {
  paper_money p = 1;
  while (n-- > 0) p *= 10;
  return p;
}

static void read_limits(paper_market *market, const bourse_market *about) {
  int32_t ps = market->price_scale, as = market->amount_scale;
  market->tick = units_or(&about->price_tick, ps, 1);
  market->step = units_or(&about->amount_step, as, 1);
  market->price_min = units_or(&about->price_min, ps, market->tick);
  market->price_max = units_or(&about->price_max, ps, PAPER_AMOUNT_CAP);
  market->amount_min = units_or(&about->amount_min, as, market->step);
  market->amount_max = units_or(&about->amount_max, as, PAPER_AMOUNT_CAP);
  market->market_step = units_or(&about->market_amount_step, as, market->step);
  market->market_min = units_or(&about->market_amount_min, as, market->amount_min);
  market->market_max = units_or(&about->market_amount_max, as, market->amount_max);
  if (market->amount_max > PAPER_AMOUNT_CAP) market->amount_max = PAPER_AMOUNT_CAP;
  if (market->market_max > PAPER_AMOUNT_CAP) market->market_max = PAPER_AMOUNT_CAP;
  market->unit_cost = power(PAPER_MONEY_SCALE - ps - as);
  market->unit_amount = power(PAPER_MONEY_SCALE - as);
  market->fee_unit = power(market->fee_scale);
  if (!bourse__paper_to_money(&market->cost_min, &about->cost_min)) market->cost_min = 0;
}

static int32_t read_market(paper_engine *engine, paper_market *market, const paper_market_spec *spec) {
  const bourse_market *about = spec->about;
  market->about = about;
  market->linear = about->product == BOURSE_PRODUCT_LINEAR;
  market->wallet = spec->wallet;
  if (about->product != BOURSE_PRODUCT_SPOT && about->product != BOURSE_PRODUCT_LINEAR)
    return bourse__paper_refuse(engine, PAPER_UNSUPPORTED, "product", "%s is neither spot nor linear", about->symbol);
  if (!read_scales(market, about))
    return bourse__paper_refuse(engine, PAPER_BAD_ARGUMENT, "price_tick",
                                "%s: tick, step and fees need more than 18 digits", about->symbol);
  read_limits(market, about);
  market->leverage_max = spec->leverage_max < 1 ? 1 : spec->leverage_max;
  market->leverage_first = spec->leverage < 1 ? 1 : spec->leverage;
  (void)bourse__paper_units(&market->maintenance_rate, &spec->maintenance_rate, 6);
  int32_t code = bourse__paper_add_currency(&market->base, engine, about->base);
  if (code == BOURSE_OK) code = bourse__paper_add_currency(&market->quote, engine, about->quote);
  if (code == BOURSE_OK)
    code = bourse__paper_add_currency(&market->settle, engine, market->linear ? about->settle : about->quote);
  return code;
}

int32_t bourse__paper_add_market(uint32_t *out, paper_engine *engine, const paper_market_spec *spec) {
  paper_market market;
  memset(&market, 0, sizeof market);
  int32_t code = read_market(engine, &market, spec);
  if (code != BOURSE_OK) return code;
  for (uint32_t a = 0; a < engine->account_count; a++) {
    void *holdings = engine->accounts[a].holdings;
    if (!grow(engine, &holdings, engine->market_count, 1, sizeof(paper_holding))) return BOURSE_ERROR_MEMORY;
    engine->accounts[a].holdings = holdings;
    engine->accounts[a].holdings[engine->market_count].leverage = market.leverage_first;
  }
  void *items = engine->markets;
  if (!grow(engine, &items, engine->market_count, 1, sizeof(paper_market))) return BOURSE_ERROR_MEMORY;
  engine->markets = items;
  market.index = engine->market_count;
  market.trades = (paper_ring){.size = sizeof(paper_trade), .limit = engine->config.trade_limit};
  if (!bourse__paper_ring_reserve(engine, &market.trades, engine->config.trade_limit))
    return bourse__paper_refuse(engine, PAPER_MEMORY, NULL, "out of memory");
  engine->markets[engine->market_count] = market;
  *out = engine->market_count++;
  return BOURSE_OK;
}

/* --- Time --- */

static void expire(paper_engine *engine) {
  int64_t next = INT64_MAX;
  for (uint32_t a = 0; a < engine->account_count; a++) {
    for (paper_order *order = engine->accounts[a].open.first; order != NULL;) {
      if (order->expire_ns != 0 && order->expire_ns <= engine->now_ns) {
        bourse__paper_finish(engine, order, BOURSE_ORDER_EXPIRED, PAPER_EXPIRED);
        order = engine->accounts[a].open.first; /* its list may have gone with it */
        continue;
      }
      if (order->expire_ns != 0 && order->expire_ns < next) next = order->expire_ns;
      order = order->owner_next;
    }
  }
  engine->next_expiry_ns = next;
}

static void let_in(paper_engine *engine, paper_order *order) {
  bourse__paper_chain_remove(&engine->delayed, order);
  order->place = PAPER_NOWHERE;
  if (bourse__paper_admit(engine, order) == BOURSE_OK)
    bourse__paper_run(engine, order);
  else
    bourse__paper_finish(engine, order, BOURSE_ORDER_REJECTED, engine->error.reason);
  bourse__paper_settle_queue(engine);
}

void bourse__paper_advance(paper_engine *engine, int64_t now_ns) {
  if (now_ns < engine->now_ns) now_ns = engine->now_ns;
  for (;;) { /* what is due, in the order of time; at the same time, expiry first */
    paper_order *order = engine->delayed.first;
    int64_t due = order == NULL ? INT64_MAX : order->due_ns;
    if (engine->next_expiry_ns <= now_ns && engine->next_expiry_ns <= due) {
      if (engine->now_ns < engine->next_expiry_ns) engine->now_ns = engine->next_expiry_ns;
      expire(engine);
      bourse__paper_settle_queue(engine);
    } else if (due <= now_ns) {
      if (engine->now_ns < due) engine->now_ns = due;
      let_in(engine, order);
    } else {
      break;
    }
  }
  engine->now_ns = now_ns;
}

int64_t bourse__paper_now(const paper_engine *engine) { return engine->now_ns; }

/* --- Reading --- */

uint32_t bourse__paper_market_count(const paper_engine *engine) { return engine->market_count; }
uint32_t bourse__paper_account_count(const paper_engine *engine) { return engine->account_count; }
uint32_t bourse__paper_currency_count(const paper_engine *engine) { return engine->currency_count; }

const paper_market *bourse__paper_market(const paper_engine *engine, uint32_t index) {
  return index < engine->market_count ? &engine->markets[index] : NULL;
}

const paper_account *bourse__paper_account(const paper_engine *engine, uint32_t index) {
  return index < engine->account_count ? &engine->accounts[index] : NULL;
}

const char *bourse__paper_currency_code(const paper_engine *engine, uint32_t index) {
  return index < engine->currency_count ? engine->currencies[index].code : NULL;
}

int64_t bourse__paper_currency_index(const paper_engine *engine, const char *code) {
  for (uint32_t i = 0; code != NULL && i < engine->currency_count; i++)
    if (strcmp(engine->currencies[i].code, code) == 0) return i;
  return -1;
}

const paper_balance *bourse__paper_balance(const paper_engine *engine, uint32_t account, uint32_t wallet,
                                           uint32_t currency) {
  return balance_at(engine, account, wallet, currency);
}

const paper_pools *bourse__paper_pools(const paper_engine *engine, uint32_t currency) {
  return &engine->currencies[currency].pools;
}
