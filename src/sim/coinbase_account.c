/* sim/coinbase_account.c - accounts, the key's scopes, fees, portfolios, US futures ("cfm"), conversions, payment methods.
 *
 * A portfolio is one of the accounts that the simulation has; a key belongs to one. */
#include "coinbase.h"

#define ACCOUNT_MARK (UINT64_C(1) << 40) /* numbers of accounts by currency */
#define SWEEP_NS     (3600 * COINBASE_SECOND)

static uint64_t wallet_number(uint32_t account, uint32_t currency) {
  return ACCOUNT_MARK | (uint64_t)account << 16 | currency;
}

static const char *portfolio_id(char out[SIM_UUID_SIZE], uint32_t account) { return sim_uuid(out, 1 + account); }

static int32_t is_cash(const char *code) { return strcmp(code, "USD") == 0; }

/* --- Accounts --- */

static cJSON *wallet_json(sim *s, uint32_t account, uint32_t currency) {
  const char *code = bourse__paper_currency_code(sim_engine(s), currency);
  const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, 0, currency);
  char id[SIM_UUID_SIZE], name[48];
  (void)snprintf(name, sizeof name, is_cash(code) ? "Cash (%.20s)" : "%.20s Wallet", code);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "uuid", sim_uuid(id, wallet_number(account, currency)));
  cJSON_AddStringToObject(json, "name", name);
  cJSON_AddStringToObject(json, "currency", code);
  coinbase_add_value(json, "available_balance", sim_money_text(balance->total - balance->locked, -1), code);
  cJSON_AddBoolToObject(json, "default", !is_cash(code));
  cJSON_AddTrueToObject(json, "active");
  cJSON_AddStringToObject(json, "created_at", "2021-05-31T09:59:59.000Z");
  cJSON_AddStringToObject(json, "updated_at", "2021-05-31T09:59:59.000Z");
  cJSON_AddNullToObject(json, "deleted_at");
  cJSON_AddStringToObject(json, "type", is_cash(code) ? "ACCOUNT_TYPE_FIAT" : "ACCOUNT_TYPE_CRYPTO");
  cJSON_AddTrueToObject(json, "ready");
  coinbase_add_value(json, "hold", sim_money_text(balance->locked, -1), code);
  cJSON_AddStringToObject(json, "retail_portfolio_id", portfolio_id(id, account));
  cJSON_AddStringToObject(json, "platform", "ACCOUNT_PLATFORM_CONSUMER");
  return json;
}

static void run_accounts(coinbase_call *call) {
  const char *cursor = coinbase_query(call, "cursor");
  uint32_t currencies = bourse__paper_currency_count(sim_engine(call->s)),
           first = cursor == NULL ? 0 : (uint32_t)strtoul(cursor, NULL, 10);
  int64_t limit = coinbase_whole(call, "limit", 49);
  if (limit <= 0 || limit > 250) {
    (void)coinbase_fail(call, 400, "INVALID_ARGUMENT", "limit must be between 1 and 250");
    return;
  }
  cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "accounts");
  uint32_t c = first;
  for (; c < currencies && c - first < (uint32_t)limit; c++)
    cJSON_AddItemToArray(list, wallet_json(call->s, call->account->account, c));
  cJSON_AddBoolToObject(json, "has_next", c < currencies);
  cJSON_AddStringToObject(json, "cursor", c < currencies ? sim_units_text(c, 0, 0) : "");
  sim_json_add_integer(json, "size", cJSON_GetArraySize(list));
  coinbase_answer(call, json);
}

static void run_account(coinbase_call *call) {
  uint64_t number = sim_uuid_number(call->parts[0]);
  uint32_t currency = (uint32_t)(number & 0xffff);
  if (number != wallet_number(call->account->account, currency) ||
      currency >= bourse__paper_currency_count(sim_engine(call->s))) {
    (void)coinbase_fail(call, 404, "NOT_FOUND", "account not found");
    return;
  }
  cJSON *json = cJSON_CreateObject();
  cJSON_AddItemToObject(json, "account", wallet_json(call->s, call->account->account, currency));
  coinbase_answer(call, json);
}

static void run_permissions(coinbase_call *call) {
  const sim_key *key = &call->account->key;
  char id[SIM_UUID_SIZE];
  cJSON *json = cJSON_CreateObject();
  cJSON_AddTrueToObject(json, "can_view");
  cJSON_AddBoolToObject(json, "can_trade", !key->read_only);
  cJSON_AddBoolToObject(json, "can_transfer", !key->read_only && key->withdraws);
  cJSON_AddStringToObject(json, "portfolio_uuid", portfolio_id(id, call->account->account));
  cJSON_AddStringToObject(json, "portfolio_type", call->account->account == 0 ? "DEFAULT" : "CONSUMER");
  coinbase_answer(call, json);
}

/* --- Fees --- */

static void run_summary(coinbase_call *call) {
  const char *type = coinbase_query(call, "product_type");
  const paper_ring *fills = &coinbase_paper_account(call->s, call->account->account)->fills;
  int32_t futures = type != NULL && strcmp(type, "FUTURE") == 0;
  const sim_market_row *row = &coinbase_rows[futures ? COINBASE_SPOT_MARKETS : 0];
  paper_money volume = 0, fees = 0;
  for (uint32_t i = 0; i < fills->count; i++) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    if (strcmp(coinbase_rows[fill->market].quote, "USD") != 0) continue;
    volume += fill->cost;
    fees += fill->fee;
  }
  cJSON *json = cJSON_CreateObject(), *tier;
  cJSON_AddRawToObject(json, "total_volume", sim_money_text(volume, -1));
  cJSON_AddRawToObject(json, "total_fees", sim_money_text(fees, -1));
  tier = cJSON_AddObjectToObject(json, "fee_tier");
  cJSON_AddStringToObject(tier, "pricing_tier", "Intro 1");
  cJSON_AddStringToObject(tier, "usd_from", "0");
  cJSON_AddStringToObject(tier, "usd_to", "");
  sim_json_add_decimal(tier, "taker_fee_rate", &row->taker);
  sim_json_add_decimal(tier, "maker_fee_rate", &row->maker);
  cJSON_AddStringToObject(tier, "aop_from", "");
  cJSON_AddStringToObject(tier, "aop_to", "");
  cJSON_AddNullToObject(json, "margin_rate");
  cJSON_AddNullToObject(json, "goods_and_services_tax");
  cJSON_AddRawToObject(json, "advanced_trade_only_volume", sim_money_text(volume, -1));
  cJSON_AddRawToObject(json, "advanced_trade_only_fees", sim_money_text(fees, -1));
  sim_json_add_integer(json, "coinbase_pro_volume", 0);
  sim_json_add_integer(json, "coinbase_pro_fees", 0);
  coinbase_answer(call, json);
}

/* --- Portfolios --- */

static cJSON *portfolio_json(const sim_account *who) {
  char id[SIM_UUID_SIZE];
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "name", who->account == 0 ? "Default" : who->key.name);
  cJSON_AddStringToObject(json, "uuid", portfolio_id(id, who->account));
  cJSON_AddStringToObject(json, "type", who->account == 0 ? "DEFAULT" : "CONSUMER");
  cJSON_AddFalseToObject(json, "deleted");
  return json;
}

/* NULL: there is none of that id. */
static sim_account *portfolio_named(sim *s, const char *id) {
  uint64_t number = sim_uuid_number(id);
  return number == 0 || number > UINT32_MAX ? NULL : sim_account_of(s, (uint32_t)number - 1);
}

static void run_portfolios(coinbase_call *call) {
  cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "portfolios");
  sim_account *who;
  for (uint32_t i = 0; (who = sim_account_at(call->s, i)) != NULL; i++)
    if (sim_account_of(call->s, who->account) == who) cJSON_AddItemToArray(list, portfolio_json(who));
  coinbase_answer(call, json);
}

static void add_spot_position(sim *s, cJSON *list, uint32_t account, uint32_t currency) {
  const char *code = bourse__paper_currency_code(sim_engine(s), currency);
  const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, 0, currency);
  char id[SIM_UUID_SIZE];
  if (balance->total == 0) return;
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "asset", code);
  cJSON_AddStringToObject(row, "account_uuid", sim_uuid(id, wallet_number(account, currency)));
  cJSON_AddRawToObject(row, "total_balance_crypto", sim_money_text(balance->total, -1));
  cJSON_AddRawToObject(row, "available_to_trade_crypto", sim_money_text(balance->total - balance->locked, -1));
  cJSON_AddBoolToObject(row, "is_cash", is_cash(code));
  cJSON_AddItemToArray(list, row);
}

static void run_portfolio(coinbase_call *call) {
  sim *s = call->s;
  const sim_account *who = portfolio_named(s, call->parts[0]);
  if (who == NULL || who->account != call->account->account) {
    (void)coinbase_fail(call, who == NULL ? 404 : 403, who == NULL ? "NOT_FOUND" : "PERMISSION_DENIED",
                        "portfolio not found");
    return;
  }
  int64_t usd = bourse__paper_currency_index(sim_engine(s), "USD");
  cJSON *json = cJSON_CreateObject(), *all = cJSON_AddObjectToObject(json, "breakdown"), *sums, *list;
  cJSON_AddItemToObject(all, "portfolio", portfolio_json(who));
  sums = cJSON_AddObjectToObject(all, "portfolio_balances");
  for (uint32_t w = 0; w < 2 && usd >= 0; w++)
    coinbase_add_value(sums, w == 0 ? "total_cash_equivalent_balance" : "total_futures_balance",
                       sim_money_text(bourse__paper_balance(sim_engine(s), who->account, w, (uint32_t)usd)->total, -1),
                       "USD");
  list = cJSON_AddArrayToObject(all, "spot_positions");
  for (uint32_t c = 0; c < bourse__paper_currency_count(sim_engine(s)); c++)
    add_spot_position(s, list, who->account, c);
  cJSON_AddArrayToObject(all, "perp_positions");
  cJSON_AddArrayToObject(all, "futures_positions");
  coinbase_answer(call, json);
}

static void run_fixed_portfolios(coinbase_call *call) {
  (void)coinbase_fail(call, 400, "INVALID_ARGUMENT", "the portfolios here are the simulation's accounts");
}

static void run_move(coinbase_call *call) {
  sim *s = call->s;
  const cJSON *funds = cJSON_GetObjectItemCaseSensitive(call->body, "funds");
  const char *value = sim_json_text(funds, "value"), *currency = sim_json_text(funds, "currency"),
             *from_id = coinbase_member(call, "source_portfolio_uuid"),
             *to_id = coinbase_member(call, "target_portfolio_uuid");
  const sim_account *from = portfolio_named(s, from_id), *to = portfolio_named(s, to_id);
  bourse_decimal amount;
  if (from == NULL || to == NULL || from == to || !sim_decimal(&amount, value) || bourse_decimal_sign(&amount) <= 0 ||
      currency == NULL || bourse__paper_currency_index(sim_engine(s), currency) < 0) {
    (void)coinbase_fail(call, 400, "INVALID_ARGUMENT", "funds, source and target portfolio are required");
    return;
  }
  bourse_decimal taken = amount;
  taken.flags |= BOURSE_DECIMAL_NEGATIVE;
  if (sim_deposit(s, from->account, 0, currency, &taken, "transfer") != BOURSE_OK) {
    (void)coinbase_fail(call, 400, "INSUFFICIENT_FUNDS", "insufficient funds in the source portfolio");
    return;
  }
  (void)sim_deposit(s, to->account, 0, currency, &amount, "transfer");
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "source_portfolio_uuid", from_id);
  cJSON_AddStringToObject(json, "target_portfolio_uuid", to_id);
  coinbase_answer(call, json);
}

/* --- US futures --- */

static paper_money unrealized_of(sim *s, uint32_t account, uint32_t market) {
  const paper_holding *holding = &coinbase_paper_account(s, account)->holdings[market];
  paper_money sum = 0;
  for (int32_t slot = 0; slot < 2; slot++)
    sum += bourse__paper_unrealized(coinbase_market(s, market), &holding->slots[slot], slot);
  return sum;
}

static void add_money(cJSON *json, const char *name, paper_money money, int32_t flat) {
  const char *text = sim_money_text(money, -1);
  if (flat)
    cJSON_AddStringToObject(json, name, text);
  else
    coinbase_add_value(json, name, text, "USD");
}

static void add_window(cJSON *json, const char *name, const char *type, const paper_balance *balance,
                       paper_money available) {
  cJSON *window = cJSON_AddObjectToObject(json, name);
  cJSON_AddStringToObject(window, "margin_window_type", type);
  cJSON_AddStringToObject(window, "margin_level", "MARGIN_LEVEL_TYPE_BASE");
  cJSON_AddStringToObject(window, "initial_margin", sim_money_text(balance->margin, -1));
  cJSON_AddStringToObject(window, "maintenance_margin", sim_money_text(balance->margin / 2, -1));
  cJSON_AddStringToObject(window, "liquidation_buffer", "100");
  cJSON_AddStringToObject(window, "total_hold", sim_money_text(balance->locked, -1));
  cJSON_AddStringToObject(window, "futures_buying_power", sim_money_text(available, -1));
}

cJSON *coinbase_summary(sim *s, uint32_t account, int32_t flat) {
  int64_t usd = bourse__paper_currency_index(sim_engine(s), "USD");
  cJSON *json = cJSON_CreateObject();
  if (usd < 0) return json;
  const paper_balance *cash = bourse__paper_balance(sim_engine(s), account, 0, (uint32_t)usd),
                      *futures = bourse__paper_balance(sim_engine(s), account, 1, (uint32_t)usd);
  paper_money available = bourse__paper_available(sim_engine(s), account, 1, (uint32_t)usd), unrealized = 0,
              realized = 0;
  for (uint32_t m = COINBASE_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
    const paper_holding *holding = &coinbase_paper_account(s, account)->holdings[m];
    unrealized += unrealized_of(s, account, m);
    realized += holding->slots[PAPER_LONG].realized + holding->slots[PAPER_SHORT].realized;
  }
  add_money(json, "futures_buying_power", available, flat);
  add_money(json, "total_usd_balance", cash->total + futures->total, flat);
  add_money(json, "cbi_usd_balance", cash->total, flat);
  add_money(json, "cfm_usd_balance", futures->total, flat);
  add_money(json, "total_open_orders_hold_amount", futures->locked, flat);
  add_money(json, "unrealized_pnl", unrealized, flat);
  add_money(json, "daily_realized_pnl", realized, flat);
  add_money(json, "initial_margin", futures->margin, flat);
  add_money(json, "available_margin", available, flat);
  add_money(json, "liquidation_threshold", futures->margin / 2, flat);
  add_money(json, "liquidation_buffer_amount", futures->total + unrealized - futures->margin / 2, flat);
  cJSON_AddStringToObject(json, "liquidation_buffer_percentage", "100");
  add_window(json, "intraday_margin_window_measure", "FCM_MARGIN_WINDOW_TYPE_INTRADAY", futures, available);
  add_window(json, "overnight_margin_window_measure", "FCM_MARGIN_WINDOW_TYPE_OVERNIGHT", futures, available);
  return json;
}

static void run_futures_balance(coinbase_call *call) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddItemToObject(json, "balance_summary", coinbase_summary(call->s, call->account->account, 0));
  coinbase_answer(call, json);
}

/* NULL: there is none. */
static cJSON *position_json(sim *s, uint32_t account, uint32_t market) {
  const paper_market *m = coinbase_market(s, market);
  const paper_holding *holding = &coinbase_paper_account(s, account)->holdings[market];
  int32_t slot = holding->slots[PAPER_LONG].size > 0 ? PAPER_LONG : PAPER_SHORT;
  const paper_position *position = &holding->slots[slot];
  if (position->size == 0) return NULL;
  int64_t liquidation = bourse__paper_liquidation_price(sim_engine(s), account, market, slot);
  const char *average = coinbase_average(s, market, position->entry_cost, position->size);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "product_id", coinbase_rows[market].id);
  cJSON_AddStringToObject(json, "expiration_time", "2030-12-20T16:00:00Z");
  cJSON_AddStringToObject(json, "side", slot == PAPER_LONG ? "LONG" : "SHORT");
  cJSON_AddStringToObject(json, "number_of_contracts", coinbase_amount(s, market, position->size));
  coinbase_add_value(json, "current_price", coinbase_price(s, market, m->mark != 0 ? m->mark : m->last), "USD");
  coinbase_add_value(json, "avg_entry_price", average, "USD");
  add_money(json, "unrealized_pnl", unrealized_of(s, account, market), 0);
  add_money(json, "daily_realized_pnl", position->realized, 0);
  sim_json_add_decimal(json, "contract_size", &coinbase_rows[market].step);
  coinbase_add_value(json, "entry_vwap", average, "USD");
  coinbase_add_value(json, "liquidation_price", coinbase_price(s, market, liquidation), "USD");
  cJSON_AddStringToObject(json, "leverage", sim_units_text(holding->leverage, 0, 0));
  add_money(json, "im_contribution", position->margin, 0);
  add_money(json, "mm_contribution", bourse__paper_maintenance(m, position), 0);
  add_money(json, "position_notional", position->entry_cost, 0);
  return json;
}

static void run_positions(coinbase_call *call) {
  cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "positions");
  for (uint32_t m = COINBASE_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
    cJSON *position = position_json(call->s, call->account->account, m);
    if (position != NULL) cJSON_AddItemToArray(list, position);
  }
  coinbase_answer(call, json);
}

static void run_position(coinbase_call *call) {
  int32_t market = coinbase_product(call, call->parts[0]);
  if (market < 0) return;
  cJSON *json = cJSON_CreateObject(), *position = position_json(call->s, call->account->account, (uint32_t)market);
  if (position != NULL)
    cJSON_AddItemToObject(json, "position", position);
  else
    cJSON_AddNullToObject(json, "position");
  coinbase_answer(call, json);
}

static void run_window(coinbase_call *call) {
  cJSON *json = cJSON_CreateObject(), *window = cJSON_AddObjectToObject(json, "margin_window");
  cJSON_AddStringToObject(window, "margin_window_type", "MARGIN_WINDOW_TYPE_INTRADAY");
  coinbase_add_time(call->s, window, "end_time", (sim_now_ns(call->s) / COINBASE_DAY + 1) * COINBASE_DAY);
  cJSON_AddFalseToObject(json, "is_intraday_margin_killswitch_enabled");
  cJSON_AddFalseToObject(json, "is_intraday_margin_enrollment_killswitch_enabled");
  coinbase_answer(call, json);
}

static int32_t *intraday(coinbase_call *call) {
  return &coinbase_of(call->s)->intraday[call->account->account % COINBASE_ACCOUNTS];
}

static void run_setting(coinbase_call *call) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "setting",
                          *intraday(call) ? "INTRADAY_MARGIN_SETTING_INTRADAY" : "INTRADAY_MARGIN_SETTING_STANDARD");
  coinbase_answer(call, json);
}

static void run_set_setting(coinbase_call *call) {
  const char *setting = coinbase_member(call, "setting");
  if (setting == NULL || strncmp(setting, "INTRADAY_MARGIN_SETTING_", 24) != 0) {
    (void)coinbase_fail(call, 400, "INVALID_ARGUMENT", "setting is invalid");
    return;
  }
  *intraday(call) = strcmp(setting, "INTRADAY_MARGIN_SETTING_INTRADAY") == 0;
  coinbase_answer(call, cJSON_CreateObject());
}

/* From futures back to cash; the other way goes by itself. */
static void run_schedule(coinbase_call *call) {
  coinbase_sweep *sweep = &coinbase_of(call->s)->sweeps[call->account->account % COINBASE_ACCOUNTS];
  const char *amount = coinbase_member(call, "usd_amount");
  int64_t usd = bourse__paper_currency_index(sim_engine(call->s), "USD");
  coinbase_sweep fresh = {sim_next_number(call->s), {0, 0, 0, 0}, sim_now_ns(call->s), sim_now_ns(call->s) + SWEEP_NS};
  fresh.amount = bourse__paper_money_decimal(
      bourse__paper_available(sim_engine(call->s), call->account->account, 1, (uint32_t)usd)); /* all of it */
  if (amount != NULL && (!sim_decimal(&fresh.amount, amount) || bourse_decimal_sign(&fresh.amount) <= 0)) {
    (void)coinbase_fail(call, 400, "INVALID_ARGUMENT", "usd_amount is invalid");
    return;
  }
  *sweep = fresh;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddTrueToObject(json, "success");
  coinbase_answer(call, json);
}

static void run_sweeps(coinbase_call *call) {
  const coinbase_sweep *sweep = &coinbase_of(call->s)->sweeps[call->account->account % COINBASE_ACCOUNTS];
  cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "sweeps");
  char id[SIM_UUID_SIZE];
  if (sweep->due_ns != 0) {
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "id", sim_uuid(id, sweep->id));
    coinbase_add_value(row, "requested_amount", sim_decimal_text(&sweep->amount), "USD");
    cJSON_AddFalseToObject(row, "should_sweep_all");
    cJSON_AddStringToObject(row, "status", "PENDING");
    coinbase_add_time(call->s, row, "schedule_time", sweep->asked_ns);
    cJSON_AddItemToArray(list, row);
  }
  coinbase_answer(call, json);
}

static void run_drop_sweep(coinbase_call *call) {
  coinbase_sweep *sweep = &coinbase_of(call->s)->sweeps[call->account->account % COINBASE_ACCOUNTS];
  cJSON *json = cJSON_CreateObject();
  cJSON_AddBoolToObject(json, "success", sweep->due_ns != 0);
  sweep->due_ns = 0;
  coinbase_answer(call, json);
}

/* --- The rest --- */

/* Dollars have no other form here. */
static void run_convert(coinbase_call *call) {
  (void)coinbase_fail(call, 400, "INVALID_ARGUMENT", "conversion between these accounts is not supported");
}

static void run_methods(coinbase_call *call) {
  cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "payment_methods"),
        *row = cJSON_CreateObject();
  char id[SIM_UUID_SIZE];
  cJSON_AddStringToObject(row, "id", sim_uuid(id, 51));
  cJSON_AddStringToObject(row, "type", "ACH");
  cJSON_AddStringToObject(row, "name", "Sim Bank ******5151");
  cJSON_AddStringToObject(row, "currency", "USD");
  cJSON_AddTrueToObject(row, "verified");
  cJSON_AddTrueToObject(row, "allow_buy");
  cJSON_AddTrueToObject(row, "allow_sell");
  cJSON_AddTrueToObject(row, "allow_deposit");
  cJSON_AddTrueToObject(row, "allow_withdraw");
  cJSON_AddItemToArray(list, row);
  coinbase_answer(call, json);
}

#define API "/api/v3/brokerage"

const coinbase_row coinbase_account_rows[] = {
    {"GET", API "/accounts", COINBASE_VIEW, run_accounts},
    {"GET", API "/accounts/*", COINBASE_VIEW, run_account},
    {"GET", API "/key_permissions", COINBASE_VIEW, run_permissions},
    {"GET", API "/transaction_summary", COINBASE_VIEW, run_summary},
    {"GET", API "/portfolios", COINBASE_VIEW, run_portfolios},
    {"POST", API "/portfolios", COINBASE_TRADE, run_fixed_portfolios},
    {"POST", API "/portfolios/move_funds", COINBASE_TRANSFER, run_move},
    {"GET", API "/portfolios/*", COINBASE_VIEW, run_portfolio},
    {"PUT", API "/portfolios/*", COINBASE_TRADE, run_fixed_portfolios},
    {"DELETE", API "/portfolios/*", COINBASE_TRADE, run_fixed_portfolios},
    {"GET", API "/cfm/balance_summary", COINBASE_VIEW, run_futures_balance},
    {"GET", API "/cfm/positions", COINBASE_VIEW, run_positions},
    {"GET", API "/cfm/positions/*", COINBASE_VIEW, run_position},
    {"GET", API "/cfm/intraday/current_margin_window", COINBASE_VIEW, run_window},
    {"GET", API "/cfm/intraday/margin_setting", COINBASE_VIEW, run_setting},
    {"POST", API "/cfm/intraday/margin_setting", COINBASE_TRADE, run_set_setting},
    {"POST", API "/cfm/sweeps/schedule", COINBASE_TRANSFER, run_schedule},
    {"GET", API "/cfm/sweeps", COINBASE_VIEW, run_sweeps},
    {"DELETE", API "/cfm/sweeps", COINBASE_TRANSFER, run_drop_sweep},
    {"POST", API "/convert/quote", COINBASE_TRADE, run_convert},
    {"POST", API "/convert/trade/*", COINBASE_TRADE, run_convert},
    {"GET", API "/convert/trade/*", COINBASE_VIEW, run_convert},
    {"GET", API "/payment_methods", COINBASE_VIEW, run_methods},
    {NULL, NULL, 0, NULL},
};
