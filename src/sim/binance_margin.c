/* sim/binance_margin.c - margin accounts, loans, and what is asked about them. Follows "Account", "Borrow And Repay" and
 * "Market Data" of the exchange's margin documents. Interest is zero. */
#include "binance_margin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CROSS_LEVERAGE    3
#define ISOLATED_LEVERAGE 5

/* --- Accounts --- */

static void *grow(void *rows, uint32_t count, size_t size) {
  char *bigger = realloc(rows, (count + 1) * size);
  if (bigger == NULL) abort();
  memset(bigger + count * size, 0, size);
  return bigger;
}

void binance_margin_open(sim *s) {
  binance_state_of(s)->margin = calloc(1, sizeof(margin_state));
  if (margin_of(s) == NULL) abort();
}

void binance_margin_close(sim *s) {
  margin_state *state = margin_of(s);
  if (state == NULL) return;
  for (uint32_t i = 0; i < state->account_count; i++) free(state->accounts[i]);
  free(state->accounts);
  free(state->loans);
  free(state->paybacks);
  free(state->tokens);
  free(state);
  binance_state_of(s)->margin = NULL;
}

margin_account *margin_account_of(sim *s, const sim_account *owner, int32_t market) {
  margin_state *state = margin_of(s);
  for (uint32_t i = 0; i < state->account_count; i++)
    if (state->accounts[i]->owner == owner->account && state->accounts[i]->market == market) return state->accounts[i];
  margin_account *account = calloc(1, sizeof *account);
  if (account == NULL) abort();
  account->as.key = sim_account_of(s, owner->account)->key;
  account->owner = owner->account;
  account->market = market;
  if (bourse__paper_add_account(&account->as.account, sim_engine(s), 0) != BOURSE_OK) abort();
  state->accounts = grow(state->accounts, state->account_count, sizeof(margin_account *));
  state->accounts[state->account_count++] = account;
  return account;
}

uint32_t binance_margin_owner(sim *s, uint32_t account) {
  const margin_state *state = margin_of(s);
  for (uint32_t i = 0; i < state->account_count; i++)
    if (state->accounts[i]->as.account == account) return state->accounts[i]->owner;
  return account;
}

static int32_t is_true(const binance_call *call, const char *name) {
  const char *text = binance_param(call, name);
  return text != NULL && (strcmp(text, "TRUE") == 0 || strcmp(text, "true") == 0);
}

margin_account *margin_chosen(binance_call *call) {
  const char *symbol = binance_param(call, "isolatedSymbol");
  int32_t market = -1;
  if (symbol == NULL && is_true(call, "isIsolated")) symbol = binance_need(call, "symbol");
  if (call->failed) return NULL;
  if (symbol != NULL && (market = binance_market_of(symbol)) < 0) {
    (void)binance_fail(call, 400, -11001, "Isolated margin account does not exist.");
    return NULL;
  }
  return margin_account_of(call->s, call->account, market);
}

int64_t binance_margin_wallet(binance_call *call, const char *wallet, int32_t takes) {
  if (strcmp(wallet, "MARGIN") == 0) return margin_account_of(call->s, call->account, -1)->as.account;
  if (strcmp(wallet, "ISOLATEDMARGIN") != 0) return -1;
  const char *symbol = binance_param(call, takes ? "fromSymbol" : "toSymbol");
  int32_t market = symbol == NULL ? -1 : binance_market_of(symbol);
  return market < 0 ? -2 : (int64_t)margin_account_of(call->s, call->account, market)->as.account;
}

/* --- Money --- */

static const paper_balance *balance_of(sim *s, const margin_account *account, uint32_t currency) {
  return bourse__paper_balance(sim_engine(s), account->as.account, 0, currency);
}

paper_money margin_free(sim *s, const margin_account *account, uint32_t currency) {
  const paper_balance *balance = balance_of(s, account, currency);
  return balance->total - balance->locked;
}

static uint32_t currencies(sim *s) {
  uint32_t count = bourse__paper_currency_count(sim_engine(s));
  return count < 64 ? count : 64;
}

/* All that is there, and all debts, in one currency. */
static void sum_up(sim *s, const margin_account *account, uint32_t quote, paper_money *assets, paper_money *debts) {
  *assets = *debts = 0;
  for (uint32_t i = 0; i < currencies(s); i++) {
    *assets += binance_value_in(s, balance_of(s, account, i)->total, i, quote);
    *debts += binance_value_in(s, account->debts[i], i, quote);
  }
}

paper_money margin_limit(sim *s, const margin_account *account, uint32_t currency) {
  paper_money assets, debts;
  int32_t leverage = account->market < 0 ? CROSS_LEVERAGE : ISOLATED_LEVERAGE;
  int64_t dollar = bourse__paper_currency_index(sim_engine(s), "USDT");
  sum_up(s, account, (uint32_t)dollar, &assets, &debts);
  paper_money room = (assets - debts) * (leverage - 1) - debts;
  if (room <= 0) return 0;
  room = binance_value_in(s, room, (uint32_t)dollar, currency);
  return room - room % 10000000000; /* eight decimals */
}

static void keep_loan(sim *s, const margin_account *account, uint32_t currency, paper_money amount, int32_t repays) {
  margin_state *state = margin_of(s);
  state->loans = grow(state->loans, state->loan_count, sizeof *state->loans);
  state->loans[state->loan_count++] =
      (margin_loan){UINT64_C(200000000000) + sim_next_number(s), account, currency, repays, sim_clock_ns(s), amount};
}

static int32_t move(sim *s, const margin_account *account, uint32_t currency, paper_money amount, const char *kind) {
  bourse_decimal value = bourse__paper_money_decimal(amount);
  return sim_deposit(s, account->as.account, 0, bourse__paper_currency_code(sim_engine(s), currency), &value, kind) ==
         BOURSE_OK;
}

int32_t margin_borrow(sim *s, margin_account *account, uint32_t currency, paper_money amount) {
  if (amount > margin_limit(s, account, currency) || !move(s, account, currency, amount, "borrow")) return 0;
  account->debts[currency] += amount;
  keep_loan(s, account, currency, amount, 0);
  return 1;
}

int32_t margin_repay(sim *s, margin_account *account, uint32_t currency, paper_money amount) {
  if (!move(s, account, currency, -amount, "repay")) return 0;
  account->debts[currency] -= amount;
  keep_loan(s, account, currency, amount, 1);
  return 1;
}

static int32_t need_currency(binance_call *call, uint32_t *out) {
  const char *asset = binance_need(call, "asset");
  int64_t index = asset == NULL ? -1 : bourse__paper_currency_index(sim_engine(call->s), asset);
  if (asset != NULL && (index < 0 || index >= 64))
    return binance_fail(call, 400, -11003, "Asset %s is not marginable.", asset);
  *out = (uint32_t)index;
  return asset != NULL;
}

static void run_borrow(binance_call *call) {
  uint32_t currency;
  bourse_decimal value;
  paper_money amount;
  const char *type = binance_need(call, "type");
  if (type == NULL || !need_currency(call, &currency) || binance_need(call, "amount") == NULL ||
      !binance_decimal(call, &value, "amount"))
    return;
  margin_account *account = margin_chosen(call);
  int32_t repays = strcmp(type, "REPAY") == 0;
  if (account == NULL) return;
  if (!bourse__paper_to_money(&amount, &value) || amount <= 0 || (!repays && strcmp(type, "BORROW") != 0)) {
    (void)binance_fail(call, 400, -1102, "Mandatory parameter '%s' was not sent, was empty/null, or malformed.",
                       amount <= 0 ? "amount" : "type");
    return;
  }
  if (repays && amount > account->debts[currency]) amount = account->debts[currency];
  if (repays && amount == 0)
    (void)binance_fail(call, 400, -3015, "Repayment amount exceeds borrow amount.");
  else if (repays && !margin_repay(call->s, account, currency, amount))
    (void)binance_fail(call, 400, -3041, "Balance is not enough");
  else if (!repays && !margin_borrow(call->s, account, currency, amount))
    (void)binance_fail(call, 400, -3006, "Your borrow amount has exceed maximum borrow amount.");
  if (call->failed) return;
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "tranId", (int64_t)margin_of(call->s)->loans[margin_of(call->s)->loan_count - 1].id);
  sim_reply_json(call->reply, json);
}

/* A page of a list that is there newest first. */
static void answer_page(binance_call *call, cJSON *all) {
  int64_t current, size, total = cJSON_GetArraySize(all);
  if (!binance_whole(call, &current, "current", 1) || !binance_whole(call, &size, "size", 10)) {
    cJSON_Delete(all);
    return;
  }
  if (size > 100) size = 100;
  for (int64_t i = 0; i < (current - 1) * size && cJSON_GetArraySize(all) > 0; i++) cJSON_DeleteItemFromArray(all, 0);
  while (cJSON_GetArraySize(all) > size) cJSON_DeleteItemFromArray(all, cJSON_GetArraySize(all) - 1);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddItemToObject(json, "rows", all);
  sim_json_add_integer(json, "total", total);
  sim_reply_json(call->reply, json);
}

static void run_loans(binance_call *call) {
  sim *s = call->s;
  int64_t id, start, end;
  const char *type = binance_need(call, "type"), *asset = binance_param(call, "asset");
  if (type == NULL || !binance_whole(call, &id, "txId", -1) || !binance_when(call, &start, "startTime") ||
      !binance_when(call, &end, "endTime"))
    return;
  const margin_account *account = margin_chosen(call);
  if (account == NULL) return;
  cJSON *list = cJSON_CreateArray();
  for (uint32_t i = margin_of(s)->loan_count; i > 0; i--) {
    const margin_loan *loan = &margin_of(s)->loans[i - 1];
    const char *code = bourse__paper_currency_code(sim_engine(s), loan->currency);
    int64_t ms = loan->time_ns / BINANCE_MS;
    if (loan->account != account || loan->repays != (strcmp(type, "REPAY") == 0) ||
        (id >= 0 && loan->id != (uint64_t)id) || (asset != NULL && strcmp(asset, code) != 0) ||
        (start >= 0 && ms < start) || (end >= 0 && ms > end))
      continue;
    cJSON *row = cJSON_CreateObject();
    if (account->market >= 0)
      cJSON_AddStringToObject(row, "isolatedSymbol",
                              bourse__paper_market(sim_engine(s), (uint32_t)account->market)->about->id);
    sim_json_add_money(row, "amount", loan->amount, BINANCE_PLACES);
    cJSON_AddStringToObject(row, "asset", code);
    cJSON_AddStringToObject(row, "interest", "0");
    sim_json_add_money(row, "principal", loan->amount, BINANCE_PLACES);
    cJSON_AddStringToObject(row, "status", "CONFIRMED");
    sim_json_add_integer(row, "timestamp", ms);
    sim_json_add_integer(row, "txId", (int64_t)loan->id);
    cJSON_AddItemToArray(list, row);
  }
  answer_page(call, list);
}

static void run_no_rows(binance_call *call) { answer_page(call, cJSON_CreateArray()); }

static void run_limit(binance_call *call) {
  uint32_t currency;
  if (!need_currency(call, &currency)) return;
  const margin_account *account = margin_chosen(call);
  if (account == NULL) return;
  int32_t transfers = strstr(call->row->path, "Transferable") != NULL;
  paper_money limit = margin_limit(call->s, account, currency), idle = margin_free(call->s, account, currency);
  if (transfers && account->debts[currency] > 0) idle = 0;
  cJSON *json = cJSON_CreateObject();
  sim_json_add_money(json, "amount", transfers ? idle : limit, BINANCE_PLACES);
  if (!transfers) cJSON_AddStringToObject(json, "borrowLimit", "1000000");
  sim_reply_json(call->reply, json);
}

/* --- Balances --- */

static cJSON *asset_json(sim *s, const margin_account *account, uint32_t currency) {
  const paper_balance *balance = balance_of(s, account, currency);
  paper_money debt = account->debts[currency];
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "asset", bourse__paper_currency_code(sim_engine(s), currency));
  sim_json_add_money(json, "borrowed", debt, BINANCE_PLACES);
  sim_json_add_money(json, "free", balance->total - balance->locked, BINANCE_PLACES);
  cJSON_AddStringToObject(json, "interest", "0.00000000");
  sim_json_add_money(json, "locked", balance->locked, BINANCE_PLACES);
  sim_json_add_money(json, "netAsset", balance->total - debt, BINANCE_PLACES);
  return json;
}

/* Assets over debts; 999 where nothing is owed. */
static const char *level_of(paper_money assets, paper_money debts) {
  bourse_decimal level = bourse__paper_money_decimal(assets), below = bourse__paper_money_decimal(debts);
  if (debts <= 0 || bourse_decimal_div(&level, &level, &below, BINANCE_PLACES, BOURSE_ROUND_DOWN) != BOURSE_OK)
    return "999.00000000";
  return sim_decimal_text(&level);
}

static void run_account(binance_call *call) {
  static const char *const yes[] = {"created", "borrowEnabled", "tradeEnabled", "transferInEnabled",
                                    "transferOutEnabled"};
  sim *s = call->s;
  paper_money assets, debts;
  const margin_account *account = margin_account_of(s, call->account, -1);
  uint32_t dollar = (uint32_t)bourse__paper_currency_index(sim_engine(s), "USDT"),
           bitcoin = (uint32_t)bourse__paper_currency_index(sim_engine(s), "BTC");
  sum_up(s, account, dollar, &assets, &debts);
  assets = binance_value_in(s, assets, dollar, bitcoin);
  debts = binance_value_in(s, debts, dollar, bitcoin);
  cJSON *json = cJSON_CreateObject(), *list = cJSON_CreateArray();
  for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) cJSON_AddBoolToObject(json, yes[i], 1);
  cJSON_AddStringToObject(json, "marginLevel", level_of(assets, debts));
  cJSON_AddStringToObject(json, "collateralMarginLevel", level_of(assets, debts));
  sim_json_add_money(json, "totalAssetOfBtc", assets, BINANCE_PLACES);
  sim_json_add_money(json, "totalLiabilityOfBtc", debts, BINANCE_PLACES);
  sim_json_add_money(json, "totalNetAssetOfBtc", assets - debts, BINANCE_PLACES);
  cJSON_AddStringToObject(json, "accountType", "MARGIN_1");
  for (uint32_t i = 0; i < currencies(s); i++) cJSON_AddItemToArray(list, asset_json(s, account, i));
  cJSON_AddItemToObject(json, "userAssets", list);
  sim_reply_json(call->reply, json);
}

static cJSON *isolated_json(sim *s, const sim_account *owner, uint32_t index) {
  static const char *const names[] = {"baseAsset", "quoteAsset"};
  const paper_market *market = bourse__paper_market(sim_engine(s), index);
  const margin_account *account = margin_account_of(s, owner, (int32_t)index);
  const uint32_t parts[] = {market->base, market->quote};
  paper_money assets, debts;
  sum_up(s, account, market->quote, &assets, &debts);
  cJSON *json = cJSON_CreateObject();
  for (int32_t i = 0; i < 2; i++) {
    cJSON *asset = asset_json(s, account, parts[i]);
    cJSON_AddBoolToObject(asset, "borrowEnabled", 1);
    cJSON_AddBoolToObject(asset, "repayEnabled", 1);
    sim_json_add_money(asset, "totalAsset", balance_of(s, account, parts[i])->total, BINANCE_PLACES);
    cJSON_AddItemToObject(json, names[i], asset);
  }
  cJSON_AddStringToObject(json, "symbol", market->about->id);
  cJSON_AddBoolToObject(json, "isolatedCreated", 1);
  cJSON_AddBoolToObject(json, "enabled", 1);
  cJSON_AddStringToObject(json, "marginLevel", level_of(assets, debts));
  cJSON_AddStringToObject(json, "marginLevelStatus", "EXCESSIVE");
  cJSON_AddStringToObject(json, "marginRatio", "5.00000000");
  cJSON_AddStringToObject(json, "indexPrice", binance_price(s, index, market->last));
  cJSON_AddStringToObject(json, "liquidatePrice", "0.00000000");
  cJSON_AddStringToObject(json, "liquidateRate", "0.00000000");
  cJSON_AddBoolToObject(json, "tradeEnabled", 1);
  return json;
}

static void run_isolated(binance_call *call) {
  char names[256];
  const char *list = binance_param(call, "symbols");
  uint32_t mask = 0;
  (void)snprintf(names, sizeof names, "%s", list == NULL ? "" : list);
  for (char *rest = names, *name; list != NULL && (name = strsep(&rest, ",")) != NULL;) {
    int32_t market = binance_market_of(name);
    if (market < 0) {
      (void)binance_fail(call, 400, -11001, "Isolated margin account does not exist.");
      return;
    }
    mask |= 1u << market;
  }
  cJSON *json = cJSON_CreateObject(), *assets = cJSON_CreateArray();
  for (uint32_t i = 0; i < BINANCE_SPOT_MARKETS; i++)
    if (list == NULL || (mask >> i & 1) != 0) cJSON_AddItemToArray(assets, isolated_json(call->s, call->account, i));
  cJSON_AddItemToObject(json, "assets", assets);
  sim_reply_json(call->reply, json);
}

static const char *flow_type(const paper_ledger *entry) {
  if (strcmp(entry->kind, "borrow") == 0) return "BORROW";
  if (strcmp(entry->kind, "repay") == 0) return "REPAY";
  if (strcmp(entry->kind, "fee") == 0) return "TRADING_COMMISSION";
  if (strcmp(entry->kind, "trade") == 0) return entry->amount > 0 ? "BUY_INCOME" : "SELL_EXPENSE";
  return "TRANSFER";
}

static void run_flow(binance_call *call) {
  sim *s = call->s;
  int64_t start, end, limit, from_id;
  const char *asset = binance_param(call, "asset"), *type = binance_param(call, "type"),
             *symbol = binance_param(call, "symbol");
  int32_t market = symbol != NULL ? binance_market_of(symbol) : -1;
  if (!binance_when(call, &start, "startTime") || !binance_when(call, &end, "endTime") ||
      !binance_whole(call, &limit, "limit", 500) || !binance_whole(call, &from_id, "fromId", -1))
    return;
  const margin_account *account = margin_account_of(s, call->account, market);
  const paper_ring *ledger = &bourse__paper_account(sim_engine(s), account->as.account)->ledger;
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = 0; i < ledger->count && cJSON_GetArraySize(json) < limit; i++) {
    const paper_ledger *entry = bourse__paper_ring_at(ledger, i);
    const char *code = bourse__paper_currency_code(sim_engine(s), entry->currency);
    int64_t ms = entry->time_ns / BINANCE_MS;
    if ((asset != NULL && strcmp(asset, code) != 0) || (type != NULL && strcmp(type, flow_type(entry)) != 0) ||
        (start >= 0 && ms < start) || (end >= 0 && ms > end) || (from_id >= 0 && (int64_t)entry->id < from_id))
      continue;
    cJSON *row = cJSON_CreateObject();
    sim_json_add_integer(row, "id", (int64_t)entry->id);
    sim_json_add_integer(row, "tranId", (int64_t)(entry->reference != 0 ? entry->reference : entry->id));
    sim_json_add_integer(row, "timestamp", ms);
    cJSON_AddStringToObject(row, "asset", code);
    if (entry->market != UINT32_MAX)
      cJSON_AddStringToObject(row, "symbol", bourse__paper_market(sim_engine(s), entry->market)->about->id);
    cJSON_AddStringToObject(row, "type", flow_type(entry));
    sim_json_add_money(row, "amount", entry->amount, BINANCE_PLACES);
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

/* --- What borrowing costs: nothing --- */

static void run_cross_data(binance_call *call) {
  const char *only = binance_param(call, "coin");
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = 0; i < currencies(call->s); i++) {
    const char *code = bourse__paper_currency_code(sim_engine(call->s), i);
    if (only != NULL && strcmp(only, code) != 0) continue;
    cJSON *row = cJSON_CreateObject();
    sim_json_add_integer(row, "vipLevel", 0);
    cJSON_AddStringToObject(row, "coin", code);
    cJSON_AddBoolToObject(row, "transferIn", 1);
    cJSON_AddBoolToObject(row, "borrowable", 1);
    cJSON_AddStringToObject(row, "dailyInterest", "0.00000000");
    cJSON_AddStringToObject(row, "yearlyInterest", "0.00000000");
    cJSON_AddStringToObject(row, "borrowLimit", "1000000");
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

static void run_isolated_data(binance_call *call) {
  int32_t only = binance_param(call, "symbol") != NULL ? binance_symbol(call) : -1;
  if (call->failed) return;
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = 0; i < BINANCE_SPOT_MARKETS; i++) {
    if (only >= 0 && (uint32_t)only != i) continue;
    const bourse_market *about = bourse__paper_market(sim_engine(call->s), i)->about;
    const char *const coins[] = {about->base, about->quote};
    cJSON *row = cJSON_CreateObject(), *data = cJSON_CreateArray();
    sim_json_add_integer(row, "vipLevel", 0);
    cJSON_AddStringToObject(row, "symbol", about->id);
    cJSON_AddStringToObject(row, "leverage", "5");
    for (int32_t j = 0; j < 2; j++) {
      cJSON *coin = cJSON_CreateObject();
      cJSON_AddStringToObject(coin, "coin", coins[j]);
      cJSON_AddStringToObject(coin, "dailyInterest", "0.00000000");
      cJSON_AddStringToObject(coin, "borrowLimit", "1000000");
      cJSON_AddItemToArray(data, coin);
    }
    cJSON_AddItemToObject(row, "data", data);
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

static void run_rates(binance_call *call) {
  uint32_t currency;
  if (!need_currency(call, &currency)) return;
  cJSON *json = cJSON_CreateArray(), *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "asset", binance_param(call, "asset"));
  cJSON_AddStringToObject(row, "dailyInterestRate", "0.00000000");
  sim_json_add_integer(row, "timestamp", sim_clock_ns(call->s) / BINANCE_DAY * BINANCE_DAY / BINANCE_MS);
  sim_json_add_integer(row, "vipLevel", 0);
  cJSON_AddItemToArray(json, row);
  sim_reply_json(call->reply, json);
}

static void run_next_rates(binance_call *call) {
  char names[256];
  const char *list = binance_need(call, "assets");
  if (list == NULL) return;
  cJSON *json = cJSON_CreateArray();
  (void)snprintf(names, sizeof names, "%s", list);
  for (char *rest = names, *name; (name = strsep(&rest, ",")) != NULL;) {
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "asset", name);
    cJSON_AddStringToObject(row, "nextHourlyInterestRate", "0.00000000");
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

static void run_assets(binance_call *call) {
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = 0; i < currencies(call->s); i++) {
    const char *code = bourse__paper_currency_code(sim_engine(call->s), i);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "assetFullName", code);
    cJSON_AddStringToObject(row, "assetName", code);
    cJSON_AddBoolToObject(row, "isBorrowable", 1);
    cJSON_AddBoolToObject(row, "isMortgageable", 1);
    cJSON_AddStringToObject(row, "userMinBorrow", "0.00000000");
    cJSON_AddStringToObject(row, "userMinRepay", "0.00000000");
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

#define CALL(method_, path_, security_, group_, weight_, run_, params_) \
  { method_, "/sapi/v1/margin/" path_, NULL, BINANCE_##security_, BINANCE_##group_, weight_, 0, run_, params_, NULL }

const binance_row binance_margin_rows[] = {
    CALL("POST", "borrow-repay", TRADE, SAPI_UID, 1500, run_borrow, "asset isIsolated symbol amount type"),
    CALL("GET", "borrow-repay", SIGNED, SAPI, 10, run_loans,
         "asset isolatedSymbol txId startTime endTime current size type"),
    CALL("GET", "maxBorrowable", SIGNED, SAPI, 50, run_limit, "asset isolatedSymbol"),
    CALL("GET", "maxTransferable", SIGNED, SAPI, 50, run_limit, "asset isolatedSymbol"),
    CALL("GET", "account", SIGNED, SAPI, 10, run_account, ""),
    CALL("GET", "isolated/account", SIGNED, SAPI, 10, run_isolated, "symbols"),
    CALL("GET", "capital-flow", SIGNED, SAPI, 100, run_flow, "asset symbol type startTime endTime fromId limit"),
    CALL("GET", "interestHistory", SIGNED, SAPI, 1, run_no_rows, NULL),
    CALL("GET", "forceLiquidationRec", SIGNED, SAPI, 1, run_no_rows, NULL),
    CALL("GET", "crossMarginData", SIGNED, SAPI, 5, run_cross_data, "vipLevel coin"),
    CALL("GET", "isolatedMarginData", SIGNED, SAPI, 10, run_isolated_data, "vipLevel symbol"),
    CALL("GET", "interestRateHistory", SIGNED, SAPI, 1, run_rates, "asset vipLevel startTime endTime limit"),
    CALL("GET", "next-hourly-interest-rate", SIGNED, SAPI, 100, run_next_rates, "assets isIsolated"),
    CALL("GET", "allAssets", KEY, SAPI, 1, run_assets, "asset"),
    {0},
};
