/* sim/binance_usdm_account.c - USD-M wallet, positions, settings, fees, income and listen keys. Follows "Account", "Trade"
 * and "User Data Streams" of the exchange's USD-M documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "binance_usdm.h"

/* --- Money --- */

static const paper_account *account_of(sim *s, uint32_t account) {
  return bourse__paper_account(sim_engine(s), account);
}

paper_money usdm_extra_of(sim *s, uint32_t account, int64_t market, int32_t slot) {
  const usdm_state *state = usdm_of(s);
  paper_money sum = 0;
  for (uint32_t i = 0; i < state->extra_count; i++)
    if (state->extras[i].account == account &&
        (market < 0 || ((int64_t)state->extras[i].market == market && state->extras[i].slot == slot)))
      sum += state->extras[i].money;
  return sum;
}

paper_money usdm_wallet(sim *s, uint32_t account, uint32_t currency) {
  paper_money total = bourse__paper_balance(sim_engine(s), account, USDM_WALLET, currency)->total;
  return usdm_market(s, USDM_FIRST)->settle == currency ? total + usdm_extra_of(s, account, -1, 0) : total;
}

typedef struct sums {
  paper_money wallet, profit, cross_profit, maintenance, positions, orders, isolated, available;
} sums;

static sums sums_of(sim *s, uint32_t account, uint32_t currency) {
  const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, USDM_WALLET, currency);
  sums out = {.wallet = usdm_wallet(s, account, currency), .positions = balance->margin, .orders = balance->locked};
  out.available = bourse__paper_available(sim_engine(s), account, USDM_WALLET, currency);
  if (out.available < 0) out.available = 0;
  for (uint32_t m = USDM_FIRST; m < PAPER_MARKETS; m++) {
    const paper_market *market = usdm_market(s, m);
    const paper_holding *holding = &account_of(s, account)->holdings[m];
    for (int32_t slot = 0; slot < 2 && market->settle == currency; slot++) {
      const paper_position *position = &holding->slots[slot];
      paper_money profit = bourse__paper_unrealized(market, position, slot);
      out.profit += profit;
      out.maintenance += bourse__paper_maintenance(market, position);
      if (holding->isolated)
        out.isolated += position->margin + usdm_extra_of(s, account, m, slot);
      else
        out.cross_profit += profit;
    }
  }
  return out;
}

static void add(cJSON *json, const char *name, paper_money money) {
  sim_json_add_money(json, name, money, BINANCE_PLACES);
}

static void add_asset(cJSON *json, const sums *sum) {
  add(json, "walletBalance", sum->wallet);
  add(json, "unrealizedProfit", sum->profit);
  add(json, "marginBalance", sum->wallet + sum->profit);
  add(json, "maintMargin", sum->maintenance);
  add(json, "initialMargin", sum->positions + sum->orders);
  add(json, "positionInitialMargin", sum->positions);
  add(json, "openOrderInitialMargin", sum->orders);
  add(json, "crossWalletBalance", sum->wallet - sum->isolated);
  add(json, "crossUnPnl", sum->cross_profit);
  add(json, "availableBalance", sum->available);
  add(json, "maxWithdrawAmount", sum->available);
}

/* Every currency that is there, and that of the contracts. */
static int32_t is_listed(sim *s, uint32_t account, uint32_t currency) {
  return usdm_wallet(s, account, currency) != 0 || usdm_market(s, USDM_FIRST)->settle == currency;
}

static cJSON *position_json(sim *s, uint32_t account, uint32_t m, int32_t slot, int32_t old) {
  const paper_market *market = usdm_market(s, m);
  const paper_account *owner = account_of(s, account);
  const paper_holding *holding = &owner->holdings[m];
  const paper_position *position = &holding->slots[slot];
  int64_t mark = market->mark != 0 ? market->mark : market->last, sign = slot == PAPER_SHORT ? -1 : 1,
          liquidation = bourse__paper_liquidation_price(sim_engine(s), account, m, slot);
  paper_money value = (paper_money)mark * position->size * market->unit_cost * sign,
              own = holding->isolated ? position->margin + usdm_extra_of(s, account, m, slot) : 0,
              profit = bourse__paper_unrealized(market, position, slot), orders = 0;
  bourse_decimal entry = bourse__paper_average(market, position->entry_cost, position->size, 4);
  const char *average = position->size != 0 ? sim_decimal_text(&entry) : "0.0";
  for (const paper_order *order = owner->open.first; order != NULL; order = order->owner_next)
    if (order->market == m) orders += order->locked;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", market->about->id);
  cJSON_AddStringToObject(json, "positionSide", owner->hedged ? slot == PAPER_LONG ? "LONG" : "SHORT" : "BOTH");
  cJSON_AddStringToObject(json, "positionAmt", binance_amount(s, m, position->size * sign));
  cJSON_AddStringToObject(json, "entryPrice", average);
  cJSON_AddStringToObject(json, "breakEvenPrice", average);
  cJSON_AddStringToObject(json, "markPrice", binance_price(s, m, mark));
  add(json, "unRealizedProfit", profit);
  cJSON_AddStringToObject(json, "liquidationPrice", liquidation == 0 ? "0" : binance_price(s, m, liquidation));
  add(json, "isolatedMargin", own == 0 ? 0 : own + profit);
  add(json, "notional", value);
  add(json, "isolatedWallet", own);
  sim_json_add_integer(json, "updateTime", position->updated_ns / BINANCE_MS);
  if (old) {
    char leverage[48];
    (void)snprintf(leverage, sizeof leverage, "%d", holding->leverage);
    cJSON_AddStringToObject(json, "leverage", leverage);
    cJSON_AddStringToObject(json, "maxNotionalValue", "100000000");
    cJSON_AddStringToObject(json, "marginType", holding->isolated ? "isolated" : "cross");
    cJSON_AddStringToObject(json, "isAutoAddMargin", "false");
    return json;
  }
  cJSON_AddStringToObject(json, "marginAsset", market->about->settle);
  add(json, "initialMargin", position->margin + orders);
  add(json, "maintMargin", bourse__paper_maintenance(market, position));
  add(json, "positionInitialMargin", position->margin);
  add(json, "openOrderInitialMargin", orders);
  sim_json_add_integer(json, "adl", position->size != 0 ? 1 : 0);
  cJSON_AddStringToObject(json, "bidNotional", "0");
  cJSON_AddStringToObject(json, "askNotional", "0");
  return json;
}

/* Positions: those that are open or have orders; in the old form each market's. */
static cJSON *positions_json(sim *s, uint32_t account, uint32_t first, uint32_t last, int32_t old) {
  const paper_account *owner = account_of(s, account);
  cJSON *list = cJSON_CreateArray();
  for (uint32_t m = first; m < last; m++) {
    const paper_holding *holding = &owner->holdings[m];
    int32_t alone = !owner->hedged, any = 0;
    for (int32_t slot = 0; slot < 2; slot++) {
      int32_t shows = holding->slots[slot].size != 0;
      if (!shows && !alone) shows = old || holding->open_orders > 0;
      if (shows) cJSON_AddItemToArray(list, position_json(s, account, m, slot, old));
      any |= shows;
    }
    if (!any && alone && (old || holding->open_orders > 0))
      cJSON_AddItemToArray(list, position_json(s, account, m, PAPER_LONG, old));
  }
  return list;
}

static void run_positions(binance_call *call) {
  uint32_t first, last;
  if (!usdm_chosen(call, &first, &last)) return;
  int32_t old = strstr(call->row->path, "/v2/") != NULL;
  sim_reply_json(call->reply, positions_json(call->s, call->account->account, first, last, old));
}

static void run_account(binance_call *call) {
  sim *s = call->s;
  uint32_t account = call->account->account, settle = usdm_market(s, USDM_FIRST)->settle;
  int32_t old = strstr(call->row->path, "/v2/") != NULL;
  sums all = sums_of(s, account, settle);
  cJSON *json = cJSON_CreateObject(), *assets = cJSON_CreateArray();
  if (old) {
    sim_json_add_integer(json, "feeTier", 0);
    cJSON_AddBoolToObject(json, "canTrade", !call->account->key.read_only);
    cJSON_AddBoolToObject(json, "canDeposit", 1);
    cJSON_AddBoolToObject(json, "canWithdraw", call->account->key.withdraws);
    cJSON_AddBoolToObject(json, "multiAssetsMargin", usdm_of(s)->multi_assets[account]);
    sim_json_add_integer(json, "tradeGroupId", -1);
    sim_json_add_integer(json, "updateTime", 0);
  }
  add(json, "totalInitialMargin", all.positions + all.orders);
  add(json, "totalMaintMargin", all.maintenance);
  add(json, "totalWalletBalance", all.wallet);
  add(json, "totalUnrealizedProfit", all.profit);
  add(json, "totalMarginBalance", all.wallet + all.profit);
  add(json, "totalPositionInitialMargin", all.positions);
  add(json, "totalOpenOrderInitialMargin", all.orders);
  add(json, "totalCrossWalletBalance", all.wallet - all.isolated);
  add(json, "totalCrossUnPnl", all.cross_profit);
  add(json, "availableBalance", all.available);
  add(json, "maxWithdrawAmount", all.available);
  for (uint32_t i = 0; i < bourse__paper_currency_count(sim_engine(s)); i++) {
    if (!is_listed(s, account, i)) continue;
    sums sum = sums_of(s, account, i);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "asset", bourse__paper_currency_code(sim_engine(s), i));
    add_asset(row, &sum);
    if (old) cJSON_AddBoolToObject(row, "marginAvailable", 1);
    sim_json_add_integer(row, "updateTime", sim_clock_ns(s) / BINANCE_MS);
    cJSON_AddItemToArray(assets, row);
  }
  cJSON_AddItemToObject(json, "assets", assets);
  cJSON *positions = positions_json(s, account, USDM_FIRST, PAPER_MARKETS, old), *row;
  cJSON_ArrayForEach(row, positions) { /* here it is written otherwise */
    cJSON *profit = cJSON_DetachItemFromObjectCaseSensitive(row, "unRealizedProfit");
    cJSON_AddItemToObject(row, "unrealizedProfit", profit);
    if (old) {
      const char *kind = sim_json_text(row, "marginType");
      cJSON_AddBoolToObject(row, "isolated", kind != NULL && strcmp(kind, "isolated") == 0);
    }
  }
  cJSON_AddItemToObject(json, "positions", positions);
  sim_reply_json(call->reply, json);
}

static void run_balances(binance_call *call) {
  sim *s = call->s;
  uint32_t account = call->account->account;
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = 0; i < bourse__paper_currency_count(sim_engine(s)); i++) {
    if (!is_listed(s, account, i)) continue;
    sums sum = sums_of(s, account, i);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "accountAlias", "sim");
    cJSON_AddStringToObject(row, "asset", bourse__paper_currency_code(sim_engine(s), i));
    add(row, "balance", sum.wallet);
    add(row, "crossWalletBalance", sum.wallet - sum.isolated);
    add(row, "crossUnPnl", sum.cross_profit);
    add(row, "availableBalance", sum.available);
    add(row, "maxWithdrawAmount", sum.available);
    cJSON_AddBoolToObject(row, "marginAvailable", 1);
    sim_json_add_integer(row, "updateTime", sim_clock_ns(s) / BINANCE_MS);
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

/* --- Settings --- */

static void run_symbol_config(binance_call *call) {
  uint32_t first, last;
  if (!usdm_chosen(call, &first, &last)) return;
  cJSON *json = cJSON_CreateArray();
  for (uint32_t m = first; m < last; m++) {
    const paper_holding *holding = &account_of(call->s, call->account->account)->holdings[m];
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "symbol", usdm_market(call->s, m)->about->id);
    cJSON_AddStringToObject(row, "marginType", holding->isolated ? "ISOLATED" : "CROSSED");
    cJSON_AddStringToObject(row, "isAutoAddMargin", "false");
    sim_json_add_integer(row, "leverage", holding->leverage);
    cJSON_AddStringToObject(row, "maxNotionalValue", "100000000");
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

static void run_account_config(binance_call *call) {
  uint32_t account = call->account->account;
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "feeTier", 0);
  cJSON_AddBoolToObject(json, "canTrade", !call->account->key.read_only);
  cJSON_AddBoolToObject(json, "canDeposit", 1);
  cJSON_AddBoolToObject(json, "canWithdraw", call->account->key.withdraws);
  cJSON_AddBoolToObject(json, "dualSidePosition", account_of(call->s, account)->hedged);
  sim_json_add_integer(json, "updateTime", 0);
  cJSON_AddBoolToObject(json, "multiAssetsMargin", usdm_of(call->s)->multi_assets[account]);
  sim_json_add_integer(json, "tradeGroupId", -1);
  sim_reply_json(call->reply, json);
}

static void run_leverage(binance_call *call) {
  int64_t leverage;
  int32_t market = binance_symbol(call);
  if (market < 0 || binance_need(call, "leverage") == NULL || !binance_whole(call, &leverage, "leverage", 0)) return;
  if (leverage < 1 || leverage > usdm_market(call->s, (uint32_t)market)->leverage_max) {
    (void)binance_fail(call, 400, -4028, "Leverage %lld is not valid", (long long)leverage);
    return;
  }
  if (bourse__paper_set_leverage(sim_engine(call->s), call->account->account, (uint32_t)market, (int32_t)leverage) !=
          BOURSE_OK &&
      bourse__paper_error(sim_engine(call->s))->reason != PAPER_NO_CHANGE) {
    (void)binance_fail(call, 400, -4161,
                       "Leverage reduction is not supported in Isolated Margin Mode with open positions.");
    return;
  }
  sim_settle(call->s);
  cJSON *event = cJSON_CreateObject(), *about = cJSON_CreateObject(), *json = cJSON_CreateObject();
  cJSON_AddStringToObject(event, "e", "ACCOUNT_CONFIG_UPDATE");
  sim_json_add_integer(event, "E", sim_clock_ns(call->s) / BINANCE_MS);
  sim_json_add_integer(event, "T", sim_clock_ns(call->s) / BINANCE_MS);
  cJSON_AddStringToObject(about, "s", binance_param(call, "symbol"));
  sim_json_add_integer(about, "l", leverage);
  cJSON_AddItemToObject(event, "ac", about);
  usdm_tell(call->s, call->account->account, event);
  sim_json_add_integer(json, "leverage", leverage);
  cJSON_AddStringToObject(json, "maxNotionalValue", "100000000");
  cJSON_AddStringToObject(json, "symbol", binance_param(call, "symbol"));
  sim_reply_json(call->reply, json);
}

static void done(binance_call *call) { sim_reply_json(call->reply, binance_error(200, "success")); }

static void run_margin_type(binance_call *call) {
  int32_t market = binance_symbol(call);
  const char *kind = market < 0 ? NULL : binance_need(call, "marginType");
  if (kind == NULL) return;
  int32_t isolated = strcmp(kind, "ISOLATED") == 0;
  if (!isolated && strcmp(kind, "CROSSED") != 0) {
    (void)binance_fail(call, 400, -1130, "Data sent for parameter 'marginType' is not valid.");
    return;
  }
  if (bourse__paper_set_isolated(sim_engine(call->s), call->account->account, (uint32_t)market, isolated) ==
      BOURSE_OK) {
    done(call);
    return;
  }
  if (bourse__paper_error(sim_engine(call->s))->reason == PAPER_NO_CHANGE)
    (void)binance_fail(call, 400, -4046, "No need to change margin type.");
  else if (account_of(call->s, call->account->account)->holdings[market].open_orders > 0)
    (void)binance_fail(call, 400, -4047, "Margin type cannot be changed if there exists open orders.");
  else
    (void)binance_fail(call, 400, -4048, "Margin type cannot be changed if there exists position.");
}

/* 1 and yes or no; 0: failed. */
static int32_t need_bool(binance_call *call, const char *name, int32_t *out) {
  const char *text = binance_need(call, name);
  if (text == NULL) return 0;
  *out = strcasecmp(text, "true") == 0;
  if (*out || strcasecmp(text, "false") == 0) return 1;
  return binance_fail(call, 400, -1130, "Data sent for parameter '%s' is not valid.", name);
}

static void run_dual(binance_call *call) {
  int32_t hedged, orders = 0;
  const paper_account *account = account_of(call->s, call->account->account);
  if (!need_bool(call, "dualSidePosition", &hedged)) return;
  if (bourse__paper_set_hedged(sim_engine(call->s), call->account->account, hedged) == BOURSE_OK) {
    done(call);
    return;
  }
  for (uint32_t m = USDM_FIRST; m < PAPER_MARKETS; m++) orders |= account->holdings[m].open_orders > 0;
  if (bourse__paper_error(sim_engine(call->s))->reason == PAPER_NO_CHANGE)
    (void)binance_fail(call, 400, -4059, "No need to change position side.");
  else if (orders)
    (void)binance_fail(call, 400, -4067, "Position side cannot be changed if there exists open orders.");
  else
    (void)binance_fail(call, 400, -4068, "Position side cannot be changed if there exists position.");
}

static void run_get_dual(binance_call *call) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddBoolToObject(json, "dualSidePosition", account_of(call->s, call->account->account)->hedged);
  sim_reply_json(call->reply, json);
}

static void run_multi_assets(binance_call *call) {
  int32_t wanted;
  uint8_t *now = &usdm_of(call->s)->multi_assets[call->account->account];
  if (!need_bool(call, "multiAssetsMargin", &wanted)) return;
  if (*now == wanted) {
    (void)binance_fail(call, 400, -4171, "No need to change multi-assets mode.");
    return;
  }
  *now = (uint8_t)wanted;
  done(call);
}

static void run_get_multi_assets(binance_call *call) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddBoolToObject(json, "multiAssetsMargin", usdm_of(call->s)->multi_assets[call->account->account]);
  sim_reply_json(call->reply, json);
}

/* --- Margin of isolated positions --- */

static usdm_extra *extra_at(sim *s, uint32_t account, uint32_t market, int32_t slot) {
  usdm_state *state = usdm_of(s);
  for (uint32_t i = 0; i < state->extra_count; i++)
    if (state->extras[i].account == account && state->extras[i].market == market && state->extras[i].slot == slot)
      return &state->extras[i];
  state->extras = usdm_grow(state->extras, state->extra_count, sizeof *state->extras);
  state->extras[state->extra_count] = (usdm_extra){account, market, slot, 0};
  return &state->extras[state->extra_count++];
}

/* What is added leaves the engine's wallet, so that nothing else can use it; what a position is liquidated at is not
 * changed by it. */
static int32_t move_extra(sim *s, usdm_extra *extra, paper_money money) {
  const paper_market *market = usdm_market(s, extra->market);
  bourse_decimal amount = bourse__paper_money_decimal(-money);
  uint32_t account = extra->account;
  if (sim_deposit(s, account, USDM_WALLET, bourse__paper_currency_code(sim_engine(s), market->settle), &amount,
                  "margin") != BOURSE_OK)
    return 0;
  extra->money += money;
  return 1;
}

void usdm_release_extras(sim *s) {
  usdm_state *state = usdm_of(s);
  for (uint32_t i = 0; i < state->extra_count; i++) {
    usdm_extra *extra = &state->extras[i];
    if (extra->money != 0 && account_of(s, extra->account)->holdings[extra->market].slots[extra->slot].size == 0)
      (void)move_extra(s, extra, -extra->money);
  }
}

static void run_position_margin(binance_call *call) {
  sim *s = call->s;
  int64_t type;
  bourse_decimal amount;
  paper_money money;
  uint32_t account = call->account->account;
  int32_t market = binance_symbol(call);
  if (market < 0 || binance_need(call, "amount") == NULL || !binance_decimal(call, &amount, "amount") ||
      binance_need(call, "type") == NULL || !binance_whole(call, &type, "type", 0))
    return;
  const paper_holding *holding = &account_of(s, account)->holdings[market];
  const char *side = binance_param(call, "positionSide");
  int32_t slot = side != NULL && strcmp(side, "BOTH") != 0 ? (strcmp(side, "SHORT") == 0 ? PAPER_SHORT : PAPER_LONG)
                 : holding->slots[PAPER_SHORT].size != 0   ? PAPER_SHORT
                                                           : PAPER_LONG;
  if (!bourse__paper_to_money(&money, &amount) || money <= 0) {
    (void)binance_fail(call, 400, -4052, "Amount must be positive.");
    return;
  }
  if (type != 1 && type != 2) {
    (void)binance_fail(call, 400, -4055, "Add margin only support for isolated position.");
    return;
  }
  if (holding->slots[slot].size == 0) {
    (void)binance_fail(call, 400, -4054, "Cannot add position margin: position is 0.");
    return;
  }
  if (!holding->isolated) {
    (void)binance_fail(call, 400, -4053, "Add margin only support for isolated position.");
    return;
  }
  usdm_extra *extra = extra_at(s, account, (uint32_t)market, slot);
  if (type == 2 && money > extra->money) {
    (void)binance_fail(call, 400, -4051, "Isolated balance insufficient.");
    return;
  }
  if (!move_extra(s, extra, type == 1 ? money : -money)) {
    (void)binance_fail(call, 400, -4050, "Cross balance insufficient.");
    return;
  }
  cJSON *json = binance_error(200, "Successfully modify position margin.");
  sim_json_add_decimal(json, "amount", &amount);
  sim_json_add_integer(json, "type", type);
  sim_reply_json(call->reply, json);
}

/* --- Fees, brackets, income --- */

static void run_commission(binance_call *call) {
  int32_t market = binance_symbol(call);
  if (market < 0) return;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", binance_param(call, "symbol"));
  cJSON_AddStringToObject(json, "makerCommissionRate", "0.000200");
  cJSON_AddStringToObject(json, "takerCommissionRate", "0.000500");
  cJSON_AddStringToObject(json, "rpiCommissionRate", "0.000200");
  sim_reply_json(call->reply, json);
}

static void run_brackets(binance_call *call) {
  uint32_t first, last;
  if (!usdm_chosen(call, &first, &last)) return;
  cJSON *json = cJSON_CreateArray();
  for (uint32_t m = first; m < last; m++) {
    const paper_market *market = usdm_market(call->s, m);
    bourse_decimal rate = bourse__paper_decimal(market->maintenance_rate, 6);
    cJSON *row = cJSON_CreateObject(), *brackets = cJSON_CreateArray(), *bracket = cJSON_CreateObject();
    bourse_decimal_trim(&rate, &rate);
    cJSON_AddStringToObject(row, "symbol", market->about->id);
    sim_json_add_integer(bracket, "bracket", 1);
    sim_json_add_integer(bracket, "initialLeverage", market->leverage_max);
    sim_json_add_integer(bracket, "notionalCap", 100000000);
    sim_json_add_integer(bracket, "notionalFloor", 0);
    sim_json_add_number(bracket, "maintMarginRatio", &rate);
    sim_json_add_integer(bracket, "cum", 0);
    cJSON_AddItemToArray(brackets, bracket);
    cJSON_AddItemToObject(row, "brackets", brackets);
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

/* Funding has a kind for each market: the engine's ledger does not know which one a payment is of. */
static const char *const funding_kinds[USDM_COUNT] = {"funding BTCUSDT", "funding ETHUSDT"};

static const char *income_type(const paper_ledger *entry, const char **symbol, sim *s) {
  *symbol = entry->market == UINT32_MAX ? "" : usdm_market(s, entry->market)->about->id;
  if (strncmp(entry->kind, "funding ", 8) == 0) {
    *symbol = entry->kind + 8;
    return "FUNDING_FEE";
  }
  if (strcmp(entry->kind, "fee") == 0) return "COMMISSION";
  if (strcmp(entry->kind, "pnl") == 0) return "REALIZED_PNL";
  if (strcmp(entry->kind, "insurance") == 0) return "INSURANCE_CLEAR";
  return strcmp(entry->kind, "margin") == 0 ? NULL : "TRANSFER";
}

static void run_income(binance_call *call) {
  sim *s = call->s;
  usdm_span span;
  const char *only = binance_param(call, "symbol"), *type = binance_param(call, "incomeType"), *symbol;
  if (!usdm_read_span(call, &span, "", 90)) return;
  if (binance_param(call, "limit") == NULL) span.limit = 100;
  const paper_ring *ledger = &account_of(s, call->account->account)->ledger;
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = 0; i < ledger->count; i++) {
    const paper_ledger *entry = bourse__paper_ring_at(ledger, i);
    if (entry->wallet != USDM_WALLET || entry->amount == 0 || !usdm_within(&span, entry->id, entry->time_ns)) continue;
    const char *kind = income_type(entry, &symbol, s);
    if (kind == NULL || (type != NULL && strcmp(type, kind) != 0) || (only != NULL && strcmp(only, symbol) != 0))
      continue;
    char trade[32] = "";
    if (entry->reference != 0) (void)snprintf(trade, sizeof trade, "%llu", (unsigned long long)entry->reference);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "symbol", symbol);
    cJSON_AddStringToObject(row, "incomeType", kind);
    add(row, "income", entry->amount);
    cJSON_AddStringToObject(row, "asset", bourse__paper_currency_code(sim_engine(s), entry->currency));
    sim_json_add_integer(row, "time", entry->time_ns / BINANCE_MS);
    cJSON_AddStringToObject(row, "info", kind);
    sim_json_add_integer(row, "tranId", (int64_t)entry->id);
    cJSON_AddStringToObject(row, "tradeId", trade);
    cJSON_AddItemToArray(json, row);
  }
  usdm_cut(json, &span);
  sim_reply_json(call->reply, json);
}

void usdm_pay_funding(sim *s) {
  usdm_state *state = usdm_of(s);
  for (uint32_t a = 0; a < state->account_count; a++)
    for (uint32_t m = USDM_FIRST; m < PAPER_MARKETS; m++) {
      const paper_market *market = usdm_market(s, m);
      if (sim_account_of(s, a) == NULL) continue;
      for (int32_t slot = 0; slot < 2; slot++) {
        int64_t size = account_of(s, a)->holdings[m].slots[slot].size, rate = sim_funding_rate(s, m, sim_now_ns(s));
        if (size == 0 || rate == 0) continue;
        paper_money paid = (paper_money)market->mark * size * market->unit_cost / 100000000 * rate;
        bourse_decimal amount = bourse__paper_money_decimal(slot == PAPER_LONG ? -paid : paid);
        (void)bourse_decimal_round(&amount, &amount, BINANCE_PLACES, BOURSE_ROUND_DOWN);
        (void)sim_deposit(s, a, USDM_WALLET, bourse__paper_currency_code(sim_engine(s), market->settle), &amount,
                          funding_kinds[m - USDM_FIRST]);
        state->touched[(a * USDM_COUNT + m - USDM_FIRST) * 2 + (uint32_t)slot] = 1;
      }
      usdm_flush_account(s, a, "FUNDING_FEE");
    }
}

/* --- Listen keys --- */

usdm_key *usdm_key_of(sim *s, const char *key) {
  usdm_state *state = usdm_of(s);
  for (uint32_t i = 0; i < state->key_count; i++)
    if (!state->keys[i].dead && strcmp(state->keys[i].key, key) == 0) return &state->keys[i];
  return NULL;
}

static usdm_key *key_of_account(sim *s, uint32_t account) {
  usdm_state *state = usdm_of(s);
  for (uint32_t i = 0; i < state->key_count; i++)
    if (!state->keys[i].dead && state->keys[i].account == account) return &state->keys[i];
  return NULL;
}

static void answer_key(binance_call *call, usdm_key *key) {
  cJSON *json = cJSON_CreateObject();
  key->expires_ns = sim_now_ns(call->s) + USDM_KEY_NS;
  cJSON_AddStringToObject(json, "listenKey", key->key);
  sim_reply_json(call->reply, json);
}

/* While one lives, asking for another one gives it again and extends it. */
static void run_make_key(binance_call *call) {
  usdm_state *state = usdm_of(call->s);
  usdm_key *key = key_of_account(call->s, call->account->account);
  if (key == NULL) {
    char parts[3][BINANCE_ID_SIZE];
    for (int32_t i = 0; i < 3; i++) binance_random_id(call->s, parts[i]);
    state->keys = usdm_grow(state->keys, state->key_count, sizeof *state->keys);
    key = &state->keys[state->key_count++];
    (void)snprintf(key->key, sizeof key->key, "%.22s%.22s%.20s", parts[0], parts[1], parts[2]);
    key->account = call->account->account;
  }
  answer_key(call, key);
}

static void run_extend_key(binance_call *call) {
  usdm_key *key = key_of_account(call->s, call->account->account);
  if (key == NULL)
    (void)binance_fail(call, 400, -1125, "This listenKey does not exist.");
  else
    answer_key(call, key);
}

static void run_end_key(binance_call *call) {
  usdm_key *key = key_of_account(call->s, call->account->account);
  if (key != NULL) key->dead = 1;
  sim_reply_json(call->reply, cJSON_CreateObject());
}

static void run_status(binance_call *call) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddBoolToObject(json, "isLocked", 0);
  cJSON_AddObjectToObject(json, "indicators");
  sim_json_add_integer(json, "updateTime", sim_clock_ns(call->s) / BINANCE_MS);
  sim_reply_json(call->reply, json);
}

static void run_fee_burn(binance_call *call) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddBoolToObject(json, "feeBurn", 0);
  sim_reply_json(call->reply, json);
}

#define CALL(method_, path_, message_, security_, weight_, run_, params_) \
  { method_, "/fapi/" path_, message_, BINANCE_##security_, BINANCE_FAPI, weight_, 0, run_, params_, NULL }

const binance_row binance_usdm_account_rows[] = {
    CALL("GET", "v3/account", "v2/account.status", SIGNED, 5, run_account, ""),
    CALL("GET", "v2/account", "account.status", SIGNED, 5, run_account, ""),
    CALL("GET", "v3/balance", "v2/account.balance", SIGNED, 5, run_balances, ""),
    CALL("GET", "v2/balance", "account.balance", SIGNED, 5, run_balances, ""),
    CALL("GET", "v3/positionRisk", "v2/account.position", SIGNED, 5, run_positions, "symbol"),
    CALL("GET", "v2/positionRisk", "account.position", SIGNED, 5, run_positions, "symbol"),
    CALL("GET", "v1/symbolConfig", NULL, SIGNED, 5, run_symbol_config, "symbol"),
    CALL("GET", "v1/accountConfig", NULL, SIGNED, 5, run_account_config, ""),
    CALL("POST", "v1/leverage", NULL, TRADE, 1, run_leverage, "symbol leverage"),
    CALL("POST", "v1/marginType", NULL, TRADE, 1, run_margin_type, "symbol marginType"),
    CALL("POST", "v1/positionMargin", NULL, TRADE, 1, run_position_margin, "symbol positionSide amount type"),
    CALL("POST", "v1/positionSide/dual", NULL, TRADE, 1, run_dual, "dualSidePosition"),
    CALL("GET", "v1/positionSide/dual", NULL, SIGNED, 30, run_get_dual, ""),
    CALL("POST", "v1/multiAssetsMargin", NULL, TRADE, 1, run_multi_assets, "multiAssetsMargin"),
    CALL("GET", "v1/multiAssetsMargin", NULL, SIGNED, 30, run_get_multi_assets, ""),
    CALL("GET", "v1/commissionRate", NULL, SIGNED, 20, run_commission, "symbol"),
    CALL("GET", "v1/leverageBracket", NULL, SIGNED, 1, run_brackets, "symbol"),
    CALL("GET", "v1/income", NULL, SIGNED, 30, run_income, "symbol incomeType startTime endTime page limit"),
    CALL("GET", "v1/apiTradingStatus", NULL, SIGNED, 1, run_status, "symbol"),
    CALL("GET", "v1/feeBurn", NULL, SIGNED, 30, run_fee_burn, ""),
    CALL("POST", "v1/listenKey", "userDataStream.start", KEY, 1, run_make_key, NULL),
    CALL("PUT", "v1/listenKey", "userDataStream.ping", KEY, 1, run_extend_key, NULL),
    CALL("DELETE", "v1/listenKey", "userDataStream.stop", KEY, 1, run_end_key, NULL),
    {0},
};
