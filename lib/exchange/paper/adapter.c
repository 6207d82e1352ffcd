/* paper/adapter.c - the paper exchange: its operations, settings and markets, and what the host may tell it. */
#include <bourse/paper.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "api/exchange.h"
#include "core/arena.h"
#include "exchange/paper/adapter.h"
#include "exchange/paper/state.h"

#define DEC(coefficient_, exponent_) \
  { (coefficient_), 0, (exponent_), BOURSE_DECIMAL_PRESENT }
#define SPOT           BOURSE_FOR_SPOT
#define LINEAR         BOURSE_FOR_LINEAR
#define BOTH           (BOURSE_FOR_SPOT | BOURSE_FOR_LINEAR)
#define LATENCY_MAX_MS 600000

/* operation, where, function; fetch_tickers and its kin share one. */
#define OPERATIONS(X)                                       \
  X(FETCH_TIME, BOTH, fetch_time)                           \
  X(FETCH_STATUS, BOTH, fetch_status)                       \
  X(FETCH_MARKETS, BOTH, fetch_markets)                     \
  X(FETCH_CURRENCIES, BOTH, fetch_currencies)               \
  X(FETCH_TICKER, BOTH, fetch_tickers)                      \
  X(FETCH_TICKERS, BOTH, fetch_tickers)                     \
  X(FETCH_BIDS_ASKS, BOTH, fetch_tickers)                   \
  X(FETCH_LAST_PRICES, BOTH, fetch_tickers)                 \
  X(FETCH_ORDER_BOOK, BOTH, fetch_order_book)               \
  X(FETCH_TRADES, BOTH, fetch_trades)                       \
  X(FETCH_CANDLES, BOTH, fetch_candles)                     \
  X(FETCH_MARK_PRICES, LINEAR, fetch_tickers)               \
  X(FETCH_FUNDING_RATE, LINEAR, fetch_funding_rates)        \
  X(FETCH_FUNDING_RATES, LINEAR, fetch_funding_rates)       \
  X(FETCH_OPEN_INTEREST, LINEAR, fetch_open_interest)       \
  X(FETCH_BALANCES, BOTH, fetch_balances)                   \
  X(FETCH_BALANCE, BOTH, fetch_balances)                    \
  X(FETCH_POSITIONS, LINEAR, fetch_positions)               \
  X(FETCH_POSITION, LINEAR, fetch_positions)                \
  X(FETCH_LEVERAGES, LINEAR, fetch_leverages)               \
  X(FETCH_LEVERAGE, LINEAR, fetch_leverages)                \
  X(FETCH_MARGIN_MODE, LINEAR, fetch_leverages)             \
  X(SET_LEVERAGE, LINEAR, set_leverages)                    \
  X(SET_MARGIN_MODE, LINEAR, set_margin_mode)               \
  X(FETCH_POSITION_MODE, LINEAR, fetch_position_mode)       \
  X(SET_POSITION_MODE, LINEAR, set_position_mode)           \
  X(FETCH_TRADING_FEE, BOTH, fetch_fees)                    \
  X(FETCH_TRADING_FEES, BOTH, fetch_fees)                   \
  X(FETCH_LEDGER, BOTH, fetch_ledger)                       \
  X(FETCH_PERMISSIONS, BOTH, fetch_permissions)             \
  X(CREATE_ORDER, BOTH, create_order)                       \
  X(CREATE_ORDERS, BOTH, create_orders)                     \
  X(CREATE_ORDER_LIST, BOTH, create_order_list)             \
  X(EDIT_ORDER, BOTH, edit_order)                           \
  X(CANCEL_ORDER, BOTH, cancel_order)                       \
  X(CANCEL_ORDERS, BOTH, cancel_orders)                     \
  X(CANCEL_ALL_ORDERS, BOTH, cancel_all_orders)             \
  X(CANCEL_ALL_ORDERS_AFTER, BOTH, cancel_all_orders_after) \
  X(CANCEL_ORDER_LIST, BOTH, cancel_order_list)             \
  X(CLOSE_POSITION, LINEAR, close_position)                 \
  X(FETCH_ORDER, BOTH, fetch_order)                         \
  X(FETCH_ORDERS, BOTH, fetch_orders)                       \
  X(FETCH_OPEN_ORDERS, BOTH, fetch_orders)                  \
  X(FETCH_CLOSED_ORDERS, BOTH, fetch_orders)                \
  X(FETCH_CANCELED_ORDERS, BOTH, fetch_orders)              \
  X(FETCH_MY_LIQUIDATIONS, LINEAR, fetch_orders)            \
  X(FETCH_MY_TRADES, BOTH, fetch_my_trades)                 \
  X(FETCH_ORDER_TRADES, BOTH, fetch_my_trades)              \
  X(FETCH_ORDER_LIST, BOTH, fetch_order_lists)              \
  X(FETCH_ORDER_LISTS, BOTH, fetch_order_lists)             \
  X(FETCH_OPEN_ORDER_LISTS, BOTH, fetch_order_lists)        \
  X(TRANSFER, BOTH, transfer)                               \
  X(FETCH_TRANSFERS, BOTH, fetch_transfers)                 \
  X(FETCH_DEPOSIT_ADDRESS, BOTH, fetch_deposit_address)     \
  X(FETCH_DEPOSITS, BOTH, fetch_transactions)               \
  X(FETCH_WITHDRAWALS, BOTH, fetch_transactions)            \
  X(WITHDRAW, BOTH, withdraw)

#define CAPABILITY(operation_, where_, function_) {BOURSE_OP_##operation_, (where_), 0},
static const bourse_capability capabilities[] = {OPERATIONS(CAPABILITY)};

#define FUNCTION(operation_, where_, function_) bourse__paper_##function_,
static int32_t (*const functions[])(bourse_call *call) = {OPERATIONS(FUNCTION)};

#define OPERATION_COUNT (sizeof capabilities / sizeof capabilities[0])

const paper_currency_info bourse__paper_currencies[PAPER_CURRENCIES] = {
    {"BTC", "Bitcoin", DEC(1, -8)}, {"ETH", "Ether", DEC(1, -8)},     {"SOL", "Solana", DEC(1, -8)},
    {"XRP", "XRP", DEC(1, -6)},     {"DOGE", "Dogecoin", DEC(1, -8)}, {"USDT", "Tether", DEC(1, -6)},
};

/* The same order as bourse__paper_characters. */
typedef struct market_row {
  const char *id, *base, *quote, *settle;
  bourse_decimal tick, step, least, most, cost_min;
} market_row;

static const market_row rows[PAPER_MARKETS] = {
    {"BTCUSDT", "BTC", "USDT", NULL, DEC(1, -2), DEC(1, -5), DEC(1, -5), DEC(9000, 0), DEC(5, 0)},
    {"ETHUSDT", "ETH", "USDT", NULL, DEC(1, -2), DEC(1, -4), DEC(1, -4), DEC(9000, 0), DEC(5, 0)},
    {"SOLUSDT", "SOL", "USDT", NULL, DEC(1, -2), DEC(1, -3), DEC(1, -3), DEC(90000, 0), DEC(5, 0)},
    {"ETHBTC", "ETH", "BTC", NULL, DEC(1, -5), DEC(1, -4), DEC(1, -4), DEC(100000, 0), DEC(1, -4)},
    {"XRPUSDT", "XRP", "USDT", NULL, DEC(1, -4), DEC(1, -1), DEC(1, -1), DEC(9000000, 0), DEC(5, 0)},
    {"DOGEUSDT", "DOGE", "USDT", NULL, DEC(1, -5), DEC(1, 0), DEC(1, 0), DEC(90000000, 0), DEC(1, 0)},
    {"BTCUSDT", "BTC", "USDT", "USDT", DEC(1, -1), DEC(1, -3), DEC(1, -3), DEC(1000, 0), DEC(50, 0)},
    {"ETHUSDT", "ETH", "USDT", "USDT", DEC(1, -2), DEC(1, -3), DEC(1, -3), DEC(10000, 0), DEC(20, 0)},
};

static const bourse_decimal spot_fee = DEC(1, -3), linear_maker_fee = DEC(2, -4), linear_taker_fee = DEC(5, -4);
static const bourse_decimal maintenance_rate = DEC(5, -3);

/* --- Settings --- */

typedef struct settings {
  uint64_t seed;
  int32_t from_host;
  int64_t latency_ms;
  bourse_decimal maker_fee, taker_fee;          /* absent: the usual */
  bourse_decimal balances[2][PAPER_CURRENCIES]; /* by wallet */
} settings;

static int32_t bad_setting(bourse_open_call *call, const bourse_param *setting, const char *wanted) {
  (void)snprintf(call->error_text, call->error_text_size, "setting %s is \"%s\"; %s is wanted", setting->name,
                 setting->value, wanted);
  return BOURSE_ERROR_ARGUMENT;
}

static int32_t read_whole(uint64_t *out, const char *text, uint64_t most) {
  uint64_t value = 0;
  if (*text == '\0') return 0;
  for (; *text != '\0'; text++) {
    if (*text < '0' || *text > '9' || value > (most - (uint64_t)(*text - '0')) / 10) return 0;
    value = value * 10 + (uint64_t)(*text - '0');
  }
  *out = value;
  return 1;
}

static int32_t read_fee(bourse_open_call *call, bourse_decimal *out, const bourse_param *setting,
                        int32_t may_be_negative) {
  static const bourse_decimal most = DEC(1, -1), least = {1, 0, -2, BOURSE_DECIMAL_PRESENT | BOURSE_DECIMAL_NEGATIVE};
  bourse_decimal value, rounded;
  if (bourse_decimal_parse(&value, setting->value, SIZE_MAX) != BOURSE_OK ||
      bourse_decimal_compare(&value, &most) > 0 || bourse_decimal_compare(&value, &least) < 0 ||
      (bourse_decimal_sign(&value) < 0 && !may_be_negative) ||
      bourse_decimal_round(&rounded, &value, 8, BOURSE_ROUND_DOWN) != BOURSE_OK ||
      bourse_decimal_compare(&rounded, &value) != 0)
    return bad_setting(call, setting,
                       may_be_negative ? "a fraction from -0.01 to 0.1 with at most 8 decimals"
                                       : "a fraction from 0 to 0.1 with at most 8 decimals");
  *out = value;
  return BOURSE_OK;
}

static int32_t read_balance(bourse_open_call *call, settings *s, const bourse_param *setting) {
  const char *code = setting->name + strlen("balance.");
  int32_t linear = strncmp(code, "linear.", 7) == 0;
  paper_money money;
  bourse_decimal value;
  if (linear) code += 7;
  for (int32_t i = 0; i < PAPER_CURRENCIES; i++) {
    if (strcmp(code, bourse__paper_currencies[i].code) != 0) continue;
    if (bourse_decimal_parse(&value, setting->value, SIZE_MAX) != BOURSE_OK || bourse_decimal_sign(&value) < 0 ||
        !bourse__paper_to_money(&money, &value) || money > PAPER_MONEY_MAX)
      return bad_setting(call, setting, "an amount from 0 to 10^15 with at most 18 decimals");
    s->balances[linear ? PAPER_LINEAR_WALLET : PAPER_SPOT_WALLET][i] = value;
    return BOURSE_OK;
  }
  (void)snprintf(call->error_text, call->error_text_size,
                 "setting %s: there is no currency %s; there are BTC, ETH, SOL, XRP, DOGE and USDT", setting->name,
                 code);
  return BOURSE_ERROR_ARGUMENT;
}

static int32_t read_setting(bourse_open_call *call, settings *s, const bourse_param *setting) {
  uint64_t number;
  if (setting->name == NULL || setting->value == NULL) {
    (void)snprintf(call->error_text, call->error_text_size, "a setting without a name or a value was given");
    return BOURSE_ERROR_ARGUMENT;
  }
  if (strcmp(setting->name, "nonce") == 0) return BOURSE_OK; /* the library's own */
  if (strcmp(setting->name, "seed") == 0)
    return read_whole(&s->seed, setting->value, UINT64_MAX) ? BOURSE_OK
                                                            : bad_setting(call, setting, "a whole number below 2^64");
  if (strcmp(setting->name, "latency_ms") == 0) {
    if (!read_whole(&number, setting->value, LATENCY_MAX_MS))
      return bad_setting(call, setting, "a whole number up to 600000");
    s->latency_ms = (int64_t)number;
    return BOURSE_OK;
  }
  if (strcmp(setting->name, "feed") == 0) {
    s->from_host = strcmp(setting->value, "host") == 0;
    if (!s->from_host && strcmp(setting->value, "synthetic") != 0)
      return bad_setting(call, setting, "synthetic or host");
    return BOURSE_OK;
  }
  if (strcmp(setting->name, "maker_fee") == 0) return read_fee(call, &s->maker_fee, setting, 1);
  if (strcmp(setting->name, "taker_fee") == 0) return read_fee(call, &s->taker_fee, setting, 0);
  if (strncmp(setting->name, "balance.", strlen("balance.")) == 0) return read_balance(call, s, setting);
  (void)snprintf(
      call->error_text, call->error_text_size,
      "there is no setting \"%s\"; there are seed, feed, balance.CODE, balance.linear.CODE, maker_fee, taker_fee "
      "and latency_ms",
      setting->name);
  return BOURSE_ERROR_ARGUMENT;
}

static int32_t read_settings(bourse_open_call *call, settings *s) {
  static const bourse_decimal usdt = DEC(100000, 0), btc = DEC(1, 0), eth = DEC(10, 0);
  memset(s, 0, sizeof *s);
  s->seed = 1;
  s->balances[PAPER_SPOT_WALLET][0] = btc;
  s->balances[PAPER_SPOT_WALLET][1] = eth;
  s->balances[PAPER_SPOT_WALLET][PAPER_CURRENCIES - 1] = usdt;
  s->balances[PAPER_LINEAR_WALLET][PAPER_CURRENCIES - 1] = usdt;
  int32_t code = BOURSE_OK;
  for (uint32_t i = 0; code == BOURSE_OK && call->options != NULL && i < call->options->setting_count; i++)
    code = read_setting(call, s, &call->options->settings[i]);
  return code;
}

/* --- Opening --- */

static void describe(bourse_market *market, uint32_t index, const settings *s) {
  const market_row *row = &rows[index];
  const paper_character *like = &bourse__paper_characters[index];
  int32_t linear = row->settle != NULL;
  memset(market, 0, sizeof *market);
  market->symbol = like->symbol;
  market->id = row->id;
  market->base = row->base;
  market->quote = row->quote;
  market->settle = row->settle;
  market->product = linear ? BOURSE_PRODUCT_LINEAR : BOURSE_PRODUCT_SPOT;
  market->active = BOURSE_YES;
  market->status = "trading";
  market->perpetual = linear ? BOURSE_YES : BOURSE_UNSET;
  market->cross_margin = market->isolated_margin = linear ? BOURSE_YES : BOURSE_NO;
  if (linear) bourse_decimal_from_int64(&market->contract_size, 1);
  market->price_tick = row->tick;
  market->price_min = row->tick;
  bourse_decimal_from_int64(&market->price_max, 10000000);
  market->amount_step = row->step;
  market->amount_min = row->least;
  market->amount_max = row->most;
  market->cost_min = row->cost_min;
  market->cost_min_market = BOURSE_YES;
  market->quote_order = BOURSE_YES;
  market->iceberg = market->trailing = market->oco = BOURSE_YES;
  market->iceberg_parts = 100;
  market->maker_fee = bourse_decimal_is_present(&s->maker_fee) ? s->maker_fee : linear ? linear_maker_fee : spot_fee;
  market->taker_fee = bourse_decimal_is_present(&s->taker_fee) ? s->taker_fee : linear ? linear_taker_fee : spot_fee;
}

static int32_t add_balances(paper_state *state, const settings *s) {
  int32_t code = BOURSE_OK;
  for (uint32_t w = 0; w < 2; w++)
    for (uint32_t i = 0; i < PAPER_CURRENCIES && code == BOURSE_OK; i++) {
      paper_money amount;
      int64_t currency = bourse__paper_currency_index(state->engine, bourse__paper_currencies[i].code);
      if (!bourse__paper_to_money(&amount, &s->balances[w][i]) || amount == 0) continue;
      code = bourse__paper_movements_reserve(state);
      if (code == BOURSE_OK)
        code = bourse__paper_deposit(state->engine, state->user, w, (uint32_t)currency, amount, "deposit");
      if (code == BOURSE_OK)
        (void)bourse__paper_moved(state, (uint32_t)currency, 0, w == 0 ? BOURSE_WALLET_SPOT : BOURSE_WALLET_LINEAR,
                                  amount);
    }
  return code;
}

static int32_t fill_state(paper_state *state, const settings *s, int64_t now_ns) {
  paper_config config;
  memset(&config, 0, sizeof config);
  config.allocator = state->allocator;
  config.latency_ns = s->latency_ms * 1000000;
  config.quiet_outside = !s->from_host;
  int32_t code = bourse__paper_new(&state->engine, &config);
  for (uint32_t i = 0; i < PAPER_MARKETS && code == BOURSE_OK; i++) {
    uint32_t index;
    describe(&state->markets[i], i, s);
    paper_market_spec spec = {&state->markets[i], rows[i].settle == NULL ? PAPER_SPOT_WALLET : PAPER_LINEAR_WALLET,
                              bourse__paper_characters[i].leverage_max, rows[i].settle == NULL ? 1 : 20,
                              maintenance_rate};
    code = bourse__paper_add_market(&index, state->engine, &spec);
  }
  for (uint32_t i = 0; i < PAPER_CURRENCIES && code == BOURSE_OK; i++) {
    uint32_t index;
    code = bourse__paper_add_currency(&index, state->engine, bourse__paper_currencies[i].code);
  }
  if (code == BOURSE_OK) code = bourse__paper_add_account(&state->outside, state->engine, 1);
  if (code == BOURSE_OK) code = bourse__paper_add_account(&state->user, state->engine, 0);
  if (code != BOURSE_OK) return code;
  bourse__paper_advance(state->engine, now_ns);
  code = add_balances(state, s);
  if (code == BOURSE_OK)
    code =
        bourse__feed_new(&state->feed, &state->allocator, state->engine, state->outside, s->seed, s->from_host, now_ns);
  return code;
}

static void close_state(void *memory, const bourse_allocator *allocator) {
  paper_state *state = memory;
  (void)allocator;
  bourse__feed_free(state->feed);
  bourse__paper_free(state->engine);
  if (state->movements.items != NULL) bourse__release(&state->allocator, state->movements.items);
  memset(state, 0, sizeof *state);
}

static int32_t open_state(bourse_open_call *call) {
  paper_state *state = call->state;
  settings s;
  int32_t code = read_settings(call, &s);
  if (code != BOURSE_OK) return code;
  state->allocator = *call->allocator;
  state->seed = s.seed;
  state->switch_market = UINT32_MAX;
  state->movements = (paper_ring){.size = sizeof(paper_movement), .limit = 10000};
  code = fill_state(state, &s, call->clock->now_ns(call->clock->user_data));
  if (code == BOURSE_OK) return BOURSE_OK;
  close_state(state, call->allocator);
  return code;
}

/* --- Executing --- */

int32_t bourse__paper_memory(bourse_call *call) { return bourse_fail_memory(call); }

int32_t bourse__paper_refused(bourse_call *call, const char *field) {
  const paper_error *error = bourse__paper_error(state_of(call)->engine);
  int32_t code = bourse_fail(call, error->code, field != NULL ? field : error->field, "%s", error->text);
  if (code != BOURSE_ERROR_MEMORY) bourse_set_outcome(call, BOURSE_OUTCOME_REJECTED);
  return code;
}

static int32_t go_on(paper_state *state, int64_t now_ns) {
  if (state->switch_ns != 0 && state->switch_ns <= now_ns) {
    int32_t code = bourse__feed_advance(state->feed, state->switch_ns);
    if (code != BOURSE_OK) return code;
    state->switch_ns = 0;
    bourse__paper_cancel_everything(state, state->switch_market);
  }
  return bourse__feed_advance(state->feed, now_ns);
}

int32_t bourse__paper_catch_up(bourse_call *call) {
  int32_t code = go_on(state_of(call), call->now_ns);
  return code == BOURSE_OK ? code : bourse__paper_memory(call);
}

uint32_t bourse__paper_index(const paper_state *state, const bourse_market *market) {
  (void)state;
  for (uint32_t i = 0; i < PAPER_MARKETS; i++)
    if (strcmp(bourse__paper_characters[i].symbol, market->symbol) == 0) return i;
  return UINT32_MAX;
}

const uint32_t *bourse__paper_chosen(uint32_t *count, bourse_call *call, int32_t product) {
  paper_state *state = state_of(call);
  uint32_t given = call->market_count > 0 ? call->market_count : call->market != NULL ? 1 : 0;
  uint32_t *chosen = bourse_arena_alloc(call->arena, (given > PAPER_MARKETS ? given : PAPER_MARKETS) * sizeof *chosen);
  *count = 0;
  if (chosen == NULL) {
    (void)bourse__paper_memory(call);
    return NULL;
  }
  for (uint32_t i = 0; i < given; i++)
    chosen[(*count)++] = bourse__paper_index(state, call->market_count > 0 ? call->markets[i] : call->market);
  for (uint32_t i = 0; given == 0 && i < PAPER_MARKETS; i++)
    if (product == 0 || state->markets[i].product == product) chosen[(*count)++] = i;
  return chosen;
}

const char *bourse__paper_code(const paper_state *state, uint32_t currency) {
  const char *code = bourse__paper_currency_code(state->engine, currency);
  for (int32_t i = 0; i < PAPER_CURRENCIES; i++)
    if (strcmp(bourse__paper_currencies[i].code, code) == 0) return bourse__paper_currencies[i].code;
  return NULL;
}

int64_t bourse__paper_currency_of(bourse_call *call, const char *code) {
  int64_t currency = bourse__paper_currency_index(state_of(call)->engine, code);
  if (currency < 0)
    (void)bourse_fail(call, BOURSE_ERROR_UNKNOWN_SYMBOL, "currency",
                      "there is no currency %s here; there are BTC, ETH, SOL, XRP, DOGE and USDT", code);
  return currency;
}

void bourse__paper_page(uint32_t *first, uint32_t *count, uint32_t total, const bourse_call *call, uint32_t usual) {
  uint32_t limit = call->limit != 0 ? call->limit : usual;
  *count = total < limit ? total : limit;
  *first = call->since_ns != 0 ? 0 : total - *count;
}

static int32_t execute(bourse_call *call) {
  if (call->request->param_count > 0)
    return bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, "params",
                       "the paper exchange takes no parameters of its own; %s was given",
                       call->request->params[0].name);
  if (call->request->account != NULL)
    return bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, "account", "the paper exchange has one account only");
  int32_t code = bourse__paper_catch_up(call);
  if (code != BOURSE_OK) return code;
  for (uint32_t i = 0; i < OPERATION_COUNT; i++)
    if (capabilities[i].operation == call->operation) {
      code = functions[i](call);
      bourse__feed_absorb(state_of(call)->feed);
      return code;
    }
  return bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, NULL, "the paper exchange does not do this");
}

const bourse_adapter bourse__paper_adapter = {
    .struct_size = sizeof(bourse_adapter),
    .api_version = BOURSE_API_VERSION,
    .name = "paper",
    .title = "Paper",
    .capabilities = capabilities,
    .capability_count = OPERATION_COUNT,
    .products = BOTH,
    .state_size = sizeof(paper_state),
    .secret_encoding = BOURSE_SECRET_TEXT,
    .client_id_format = BOURSE_CLIENT_ID_TEXT,
    .client_id_max = 36,
    .client_id_extra = "-_.:/",
    .open = open_state,
    .close = close_state,
    .execute = execute,
};

/* --- The host's functions --- */

/* The handle's state with its time caught up, or NULL with *code set. */
static paper_state *enter(int32_t *code, bourse_exchange *exchange, int32_t host_only) {
  if (exchange == NULL) {
    *code = BOURSE_ERROR_ARGUMENT;
    return NULL;
  }
  paper_state *state = bourse__exchange_state(exchange, &bourse__paper_adapter);
  if (state == NULL) {
    *code = bourse__exchange_fail(exchange, BOURSE_ERROR_STATE, NULL, "this is not a handle of the paper exchange");
    return NULL;
  }
  if (host_only && !bourse__feed_is_host(state->feed)) {
    *code = bourse__exchange_fail(exchange, BOURSE_ERROR_STATE, NULL,
                                  "this market makes its own prices; open the handle with feed = host");
    return NULL;
  }
  *code = go_on(state, bourse__exchange_now_ns(exchange));
  if (*code == BOURSE_OK) return state;
  *code = bourse__exchange_fail(exchange, BOURSE_ERROR_MEMORY, NULL, "out of memory");
  return NULL;
}

static int32_t find_symbol(uint32_t *out, bourse_exchange *exchange, const char *symbol) {
  char text[160];
  if (symbol == NULL) return bourse__exchange_fail(exchange, BOURSE_ERROR_ARGUMENT, "symbol", "symbol is NULL");
  for (uint32_t i = 0; i < PAPER_MARKETS; i++)
    if (strcmp(bourse__paper_characters[i].symbol, symbol) == 0) {
      *out = i;
      return BOURSE_OK;
    }
  (void)snprintf(text, sizeof text, "the paper exchange has no market %.80s", symbol);
  return bourse__exchange_fail(exchange, BOURSE_ERROR_UNKNOWN_SYMBOL, "symbol", text);
}

/* A positive multiple of `step`, in units; absent stays `absent` where that is allowed (not 0). */
static int32_t read_feed(int64_t *out, bourse_exchange *exchange, const bourse_decimal *value, int32_t scale,
                         int64_t step, int64_t absent, const char *field) {
  char text[256], given[BOURSE_DECIMAL_TEXT_SIZE] = "", allowed[BOURSE_DECIMAL_TEXT_SIZE];
  bourse_decimal unit = bourse__paper_decimal(step, scale);
  *out = absent;
  if (!bourse_decimal_is_present(value)) {
    if (absent != 0) return BOURSE_OK;
    (void)snprintf(text, sizeof text, "%s is wanted", field);
    return bourse__exchange_fail(exchange, BOURSE_ERROR_ARGUMENT, field, text);
  }
  if (bourse__paper_units(out, value, scale) && *out > 0 && *out <= PAPER_AMOUNT_CAP && *out % step == 0)
    return BOURSE_OK;
  (void)bourse_decimal_format(given, sizeof given, value);
  (void)bourse_decimal_format(allowed, sizeof allowed, &unit);
  (void)snprintf(text, sizeof text, "%s is %.60s; a multiple of %.60s above zero is wanted", field, given, allowed);
  return bourse__exchange_fail(exchange, BOURSE_ERROR_ARGUMENT, field, text);
}

/* What the engine says, as an error of this function. */
static int32_t fed(paper_state *state, bourse_exchange *exchange, int32_t code) {
  bourse__feed_absorb(state->feed);
  if (code == BOURSE_OK) return BOURSE_OK;
  const paper_error *error = bourse__paper_error(state->engine);
  if (code != BOURSE_ERROR_MEMORY) code = BOURSE_ERROR_ARGUMENT;
  return bourse__exchange_fail(exchange, code, error->field, error->text);
}

int32_t bourse_paper_quote(bourse_exchange *exchange, const char *symbol, const bourse_decimal *bid,
                           const bourse_decimal *bid_amount, const bourse_decimal *ask,
                           const bourse_decimal *ask_amount) {
  int32_t code;
  uint32_t index = 0;
  paper_quote b, a;
  paper_state *state = enter(&code, exchange, 1);
  if (state == NULL) return code;
  code = find_symbol(&index, exchange, symbol);
  if (code != BOURSE_OK) return code;
  const paper_market *market = bourse__paper_market(state->engine, index);
  code = read_feed(&b.price, exchange, bid, market->price_scale, market->tick, 0, "bid");
  if (code == BOURSE_OK) code = read_feed(&a.price, exchange, ask, market->price_scale, market->tick, 0, "ask");
  if (code == BOURSE_OK)
    code = read_feed(&b.amount, exchange, bid_amount, market->amount_scale, market->step, PAPER_ENDLESS, "bid_amount");
  if (code == BOURSE_OK)
    code = read_feed(&a.amount, exchange, ask_amount, market->amount_scale, market->step, PAPER_ENDLESS, "ask_amount");
  if (code != BOURSE_OK) return code;
  code = bourse__feed_reserve(state->feed);
  if (code == BOURSE_OK) code = bourse__paper_outside_depth(state->engine, state->outside, index, &b, 1, &a, 1);
  if (code == BOURSE_OK && market->linear) {
    int64_t middle = b.price + (a.price - b.price) / 2;
    bourse__paper_set_mark(state->engine, index, middle, middle);
  }
  return fed(state, exchange, code);
}

int32_t bourse_paper_trade(bourse_exchange *exchange, const char *symbol, int32_t side, const bourse_decimal *price,
                           const bourse_decimal *amount) {
  int32_t code;
  uint32_t index = 0;
  int64_t p, a;
  paper_state *state = enter(&code, exchange, 1);
  if (state == NULL) return code;
  code = find_symbol(&index, exchange, symbol);
  if (code != BOURSE_OK) return code;
  const paper_market *market = bourse__paper_market(state->engine, index);
  if (side != BOURSE_SIDE_BUY && side != BOURSE_SIDE_SELL)
    return bourse__exchange_fail(exchange, BOURSE_ERROR_ARGUMENT, "side", "side must be buy or sell");
  code = read_feed(&p, exchange, price, market->price_scale, market->tick, 0, "price");
  if (code == BOURSE_OK) code = read_feed(&a, exchange, amount, market->amount_scale, market->step, 0, "amount");
  if (code != BOURSE_OK) return code;
  code = bourse__feed_reserve(state->feed);
  if (code == BOURSE_OK) code = bourse__paper_outside_trade(state->engine, state->outside, index, side, p, a);
  return fed(state, exchange, code);
}

int32_t bourse_paper_deposit(bourse_exchange *exchange, const char *currency, const bourse_decimal *amount) {
  int32_t code;
  char text[160];
  paper_money money;
  paper_state *state = enter(&code, exchange, 0);
  if (state == NULL) return code;
  int64_t index = currency == NULL ? -1 : bourse__paper_currency_index(state->engine, currency);
  if (index < 0) {
    (void)snprintf(text, sizeof text, "there is no currency %.40s; there are BTC, ETH, SOL, XRP, DOGE and USDT",
                   currency == NULL ? "(NULL)" : currency);
    return bourse__exchange_fail(exchange, BOURSE_ERROR_UNKNOWN_SYMBOL, "currency", text);
  }
  if (!bourse__paper_to_money(&money, amount) || money == 0 || money > PAPER_MONEY_MAX || money < -PAPER_MONEY_MAX)
    return bourse__exchange_fail(exchange, BOURSE_ERROR_ARGUMENT, "amount",
                                 "an amount other than 0 with at most 18 decimals and up to 10^15 is wanted");
  code = bourse__paper_movements_reserve(state);
  if (code == BOURSE_OK)
    code = bourse__paper_deposit(state->engine, state->user, PAPER_SPOT_WALLET, (uint32_t)index, money,
                                 money > 0 ? "deposit" : "withdrawal");
  if (code != BOURSE_OK)
    return bourse__exchange_fail(
        exchange, code, "amount",
        code == BOURSE_ERROR_MEMORY ? "out of memory" : bourse__paper_error(state->engine)->text);
  if (money > 0)
    (void)bourse__paper_moved(state, (uint32_t)index, 0, BOURSE_WALLET_SPOT, money);
  else
    (void)bourse__paper_moved(state, (uint32_t)index, BOURSE_WALLET_SPOT, 0, -money);
  return BOURSE_OK;
}
