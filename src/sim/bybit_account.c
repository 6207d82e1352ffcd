/* sim/bybit_account.c - the unified account: balances, positions and their settings, fees, the ledger. Follows "Account" and
 * "Position" of the exchange's V5 documents. */
#include "bybit.h"

#define PLACES 8

static const char *const funding_kinds[PAPER_MARKETS] = {"funding", "funding", "funding",  "funding",
                                                         "funding", "funding", "funding6", "funding7"};

static const paper_account *account_of(sim *s, uint32_t account) {
  return bourse__paper_account(sim_engine(s), account);
}

int64_t bybit_mark(sim *s, uint32_t m) {
  const paper_market *market = bybit_market(s, m);
  return market->mark != 0 ? market->mark : market->last;
}

/* --- Balances --- */

typedef struct coin_sums {
  paper_money wallet, locked, order_margin, position_margin, maintenance, profit, realized;
} coin_sums;

static coin_sums sums_of(sim *s, uint32_t account, uint32_t currency) {
  const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, BYBIT_UNIFIED, currency);
  const paper_account *owner = account_of(s, account);
  coin_sums out = {.wallet = balance->total, .position_margin = balance->margin};
  for (uint32_t m = BYBIT_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
    const paper_market *market = bybit_market(s, m);
    for (int32_t slot = 0; slot < 2 && market->settle == currency; slot++) {
      const paper_position *position = &owner->holdings[m].slots[slot];
      out.profit += bourse__paper_unrealized(market, position, slot);
      out.maintenance += bourse__paper_maintenance(market, position);
      out.realized += position->realized;
    }
  }
  for (const paper_order *order = owner->open.first; order != NULL; order = order->owner_next) {
    const paper_market *market = bybit_market(s, order->market);
    uint32_t pays = market->linear ? market->settle : order->side == BOURSE_SIDE_BUY ? market->quote : market->base;
    if (pays == currency) *(market->linear ? &out.order_margin : &out.locked) += order->locked;
  }
  return out;
}

static cJSON *coin_json(sim *s, uint32_t currency, const coin_sums *sums) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "coin", bourse__paper_currency_code(sim_engine(s), currency));
  sim_json_add_money(json, "equity", sums->wallet + sums->profit, -1);
  sim_json_add_money(json, "usdValue", sim_worth(s, currency, sums->wallet + sums->profit), PLACES);
  sim_json_add_money(json, "walletBalance", sums->wallet, -1);
  sim_json_add_money(json, "locked", sums->locked, -1);
  cJSON_AddStringToObject(json, "spotHedgingQty", "0");
  cJSON_AddStringToObject(json, "borrowAmount", "0.000000000000000000");
  cJSON_AddStringToObject(json, "spotBorrow", "0");
  cJSON_AddStringToObject(json, "accruedInterest", "0");
  sim_json_add_money(json, "totalOrderIM", sums->order_margin, -1);
  sim_json_add_money(json, "totalPositionIM", sums->position_margin, -1);
  sim_json_add_money(json, "totalPositionMM", sums->maintenance, -1);
  sim_json_add_money(json, "unrealisedPnl", sums->profit, -1);
  sim_json_add_money(json, "cumRealisedPnl", sums->realized, -1);
  cJSON_AddStringToObject(json, "bonus", "0");
  cJSON_AddBoolToObject(json, "marginCollateral", 1);
  cJSON_AddBoolToObject(json, "collateralSwitch", 1);
  cJSON_AddStringToObject(json, "availableToWithdraw", "");
  cJSON_AddStringToObject(json, "availableToBorrow", "");
  return json;
}

static const char *rate_text(paper_money part, paper_money whole) {
  bourse_decimal a = bourse__paper_money_decimal(part), b = bourse__paper_money_decimal(whole), rate;
  if (whole <= 0 || bourse_decimal_div(&rate, &a, &b, 4, BOURSE_ROUND_HALF_EVEN) != BOURSE_OK) return "0";
  return sim_decimal_text(&rate);
}

cJSON *bybit_wallet_json(sim *s, uint32_t account, const uint8_t *only) {
  paper_money wallet = 0, equity = 0, initial = 0, maintenance = 0, profit = 0, locked = 0;
  cJSON *json = cJSON_CreateObject(), *coins = cJSON_CreateArray();
  for (uint32_t i = 0; i < bourse__paper_currency_count(sim_engine(s)) && i < BYBIT_CURRENCIES; i++) {
    coin_sums sums = sums_of(s, account, i);
    wallet += sim_worth(s, i, sums.wallet);
    equity += sim_worth(s, i, sums.wallet + sums.profit);
    locked += sim_worth(s, i, sums.locked);
    initial += sim_worth(s, i, sums.order_margin + sums.position_margin);
    maintenance += sim_worth(s, i, sums.maintenance);
    profit += sim_worth(s, i, sums.profit);
    if (only != NULL ? only[i] : sums.wallet != 0) cJSON_AddItemToArray(coins, coin_json(s, i, &sums));
  }
  cJSON_AddStringToObject(json, "accountType", "UNIFIED");
  cJSON_AddStringToObject(json, "accountLTV", "0");
  cJSON_AddStringToObject(json, "accountIMRate", rate_text(initial, equity));
  cJSON_AddStringToObject(json, "accountMMRate", rate_text(maintenance, equity));
  sim_json_add_money(json, "totalEquity", equity, PLACES);
  sim_json_add_money(json, "totalWalletBalance", wallet, PLACES);
  sim_json_add_money(json, "totalMarginBalance", equity, PLACES);
  sim_json_add_money(json, "totalAvailableBalance", equity - initial - locked, PLACES);
  sim_json_add_money(json, "totalPerpUPL", profit, PLACES);
  sim_json_add_money(json, "totalInitialMargin", initial, PLACES);
  sim_json_add_money(json, "totalMaintenanceMargin", maintenance, PLACES);
  cJSON_AddItemToObject(json, "coin", coins);
  return json;
}

static void run_wallet(bybit_call *call) {
  const char *type = bybit_need(call, "accountType"), *coins = bybit_param(call, "coin");
  uint8_t only[BYBIT_CURRENCIES] = {0};
  if (type == NULL) return;
  if (strcmp(type, "UNIFIED") != 0) {
    (void)bybit_fail(call, 10001, "accountType only support UNIFIED.");
    return;
  }
  for (uint32_t i = 0; i < bourse__paper_currency_count(sim_engine(call->s)) && i < BYBIT_CURRENCIES; i++)
    only[i] = (uint8_t)sim_is_listed(coins, bourse__paper_currency_code(sim_engine(call->s), i));
  cJSON_AddItemToArray(bybit_list(call),
                       bybit_wallet_json(call->s, call->account->account, coins == NULL ? NULL : only));
}

static void run_transferable(bybit_call *call) {
  const char *coins = bybit_need(call, "coinName");
  if (coins == NULL) return;
  call->result = cJSON_CreateObject();
  cJSON *map = cJSON_CreateObject();
  const char *first = NULL;
  for (uint32_t i = 0; i < bourse__paper_currency_count(sim_engine(call->s)); i++) {
    const char *code = bourse__paper_currency_code(sim_engine(call->s), i);
    paper_money free_money = bourse__paper_available(sim_engine(call->s), call->account->account, BYBIT_UNIFIED, i);
    if (!sim_is_listed(coins, code)) continue;
    sim_json_add_money(map, code, free_money < 0 ? 0 : free_money, -1);
    if (first == NULL) first = sim_json_text(map, code);
  }
  cJSON_AddStringToObject(call->result, "availableWithdrawal", first == NULL ? "0" : first);
  cJSON_AddItemToObject(call->result, "availableWithdrawalMap", map);
}

/* --- Settings --- */

static int32_t is_isolated(sim *s, uint32_t account) {
  return account_of(s, account)->holdings[BYBIT_SPOT_MARKETS].isolated;
}

static void run_info(bybit_call *call) {
  call->result = cJSON_CreateObject();
  cJSON_AddStringToObject(call->result, "marginMode",
                          is_isolated(call->s, call->account->account) ? "ISOLATED_MARGIN" : "REGULAR_MARGIN");
  bybit_add_ms(call->result, "updatedTime", call->s, sim_now_ns(call->s));
  sim_json_add_integer(call->result, "unifiedMarginStatus", 5);
  cJSON_AddStringToObject(call->result, "dcpStatus", "OFF");
  sim_json_add_integer(call->result, "timeWindow", 10);
  sim_json_add_integer(call->result, "smpGroup", 0);
  cJSON_AddBoolToObject(call->result, "isMasterTrader", 0);
  cJSON_AddStringToObject(call->result, "spotHedgingStatus", "OFF");
}

static void run_key(bybit_call *call) {
  const sim_key *key = &call->account->key;
  cJSON *json = call->result = cJSON_CreateObject(), *permissions;
  cJSON_AddStringToObject(json, "id", "13770661");
  cJSON_AddStringToObject(json, "note", "bourse sim");
  cJSON_AddStringToObject(json, "apiKey", key->api_key);
  sim_json_add_integer(json, "readOnly", key->read_only);
  cJSON_AddStringToObject(json, "secret", "");
  permissions = cJSON_AddObjectToObject(json, "permissions");
  cJSON *contracts = cJSON_AddArrayToObject(permissions, "ContractTrade"),
        *spot = cJSON_AddArrayToObject(permissions, "Spot"), *wallet = cJSON_AddArrayToObject(permissions, "Wallet");
  if (!key->read_only) {
    cJSON_AddItemToArray(contracts, cJSON_CreateString("Order"));
    cJSON_AddItemToArray(contracts, cJSON_CreateString("Position"));
    cJSON_AddItemToArray(spot, cJSON_CreateString("SpotTrade"));
    cJSON_AddItemToArray(wallet, cJSON_CreateString("AccountTransfer"));
  }
  if (key->withdraws) cJSON_AddItemToArray(wallet, cJSON_CreateString("Withdraw"));
  cJSON_AddArrayToObject(permissions, "Options");
  cJSON_AddArrayToObject(permissions, "Derivatives");
  cJSON_AddItemToArray(cJSON_AddArrayToObject(json, "ips"), cJSON_CreateString("*"));
  sim_json_add_integer(json, "type", 1);
  sim_json_add_integer(json, "deadlineDay", 90);
  cJSON_AddStringToObject(json, "expiredAt", "2030-01-01T00:00:00Z");
  cJSON_AddStringToObject(json, "createdAt", "2023-01-01T00:00:00Z");
  sim_json_add_integer(json, "unified", 0);
  sim_json_add_integer(json, "uta", 1);
  sim_json_add_integer(json, "userID", 24617703 + call->account->account);
  sim_json_add_integer(json, "inviterID", 0);
  cJSON_AddStringToObject(json, "vipLevel", "No VIP");
  cJSON_AddStringToObject(json, "mktMakerLevel", "0");
  sim_json_add_integer(json, "affiliateID", 0);
  cJSON_AddBoolToObject(json, "isMaster", 1);
  cJSON_AddStringToObject(json, "parentUid", "0");
  cJSON_AddStringToObject(json, "kycLevel", "LEVEL_DEFAULT");
}

static void run_fees(bybit_call *call) {
  uint32_t mask;
  if (!bybit_chosen(call, &mask)) return;
  cJSON *list = bybit_list(call);
  for (uint32_t i = 0; i < PAPER_MARKETS; i++) {
    if ((mask >> i & 1) == 0) continue;
    const bourse_market *about = bybit_market(call->s, i)->about;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "symbol", about->id);
    sim_json_add_decimal(row, "takerFeeRate", &about->taker_fee);
    sim_json_add_decimal(row, "makerFeeRate", &about->maker_fee);
    cJSON_AddItemToArray(list, row);
  }
}

static void run_margin_mode(bybit_call *call) {
  sim *s = call->s;
  const char *mode = bybit_need(call, "setMarginMode");
  if (mode == NULL) return;
  int32_t isolated = strcmp(mode, "ISOLATED_MARGIN") == 0;
  if (!isolated && strcmp(mode, "REGULAR_MARGIN") != 0) {
    (void)bybit_fail(call, 10001, "params error: setMarginMode invalid");
    return;
  }
  int32_t code = BOURSE_OK;
  for (uint32_t m = BYBIT_SPOT_MARKETS; m < PAPER_MARKETS && code == BOURSE_OK; m++) {
    code = bourse__paper_set_isolated(sim_engine(s), call->account->account, m, isolated);
    if (code != BOURSE_OK && bourse__paper_error(sim_engine(s))->reason == PAPER_NO_CHANGE) code = BOURSE_OK;
  }
  sim_settle(s);
  if (code != BOURSE_OK) {
    (void)bybit_fail(call, 3400045, "Set margin mode failed");
    return;
  }
  call->result = cJSON_CreateObject();
  cJSON_AddArrayToObject(call->result, "reasons");
}

/* --- Positions --- */

static const char *stop_price(sim *s, uint32_t account, uint32_t market, int32_t slot, int32_t kind) {
  const sim_orders *orders = &bybit_of(s)->orders;
  int32_t side = slot == PAPER_LONG ? BOURSE_SIDE_SELL : BOURSE_SIDE_BUY;
  for (uint32_t i = orders->count; i-- > 0;) {
    const bybit_order *order = (const bybit_order *)orders->items[i];
    if (order->o.account != account || order->o.market != market || order->kind != kind || !order->o.closes ||
        order->o.state != SIM_ORDER_WAITS || order->o.request.side != side)
      continue;
    return bybit_price(s, market, kind == BYBIT_TRAILING ? order->o.trail.distance : order->o.triggers[0].price);
  }
  return kind == BYBIT_TRAILING ? "0" : "";
}

cJSON *bybit_position_json(sim *s, uint32_t account, uint32_t m, int32_t slot, int32_t on_stream) {
  const paper_market *market = bybit_market(s, m);
  const paper_account *owner = account_of(s, account);
  const paper_holding *holding = &owner->holdings[m];
  const paper_position *position = &holding->slots[slot];
  int64_t liquidation = bourse__paper_liquidation_price(sim_engine(s), account, m, slot);
  bourse_decimal entry = bourse__paper_average(market, position->entry_cost, position->size, 4);
  const char *average = position->size != 0 ? sim_decimal_text(&entry) : "0";
  cJSON *json = cJSON_CreateObject();
  if (on_stream) cJSON_AddStringToObject(json, "category", "linear");
  sim_json_add_integer(json, "positionIdx", owner->hedged ? slot + 1 : 0);
  sim_json_add_integer(json, "riskId", 1);
  cJSON_AddStringToObject(json, "riskLimitValue", "100000000");
  cJSON_AddStringToObject(json, "symbol", market->about->id);
  cJSON_AddStringToObject(json, "side", position->size == 0 ? "" : slot == PAPER_LONG ? "Buy" : "Sell");
  cJSON_AddStringToObject(json, "size", bybit_amount(s, m, position->size));
  cJSON_AddStringToObject(json, on_stream ? "entryPrice" : "avgPrice", average);
  cJSON_AddStringToObject(json, "positionValue", position->size == 0 ? "" : sim_money_text(position->entry_cost, -1));
  sim_json_add_integer(json, "tradeMode", 0);
  cJSON_AddStringToObject(json, "positionStatus", "Normal");
  sim_json_add_integer(json, "autoAddMargin", 0);
  sim_json_add_integer(json, "adlRankIndicator", position->size != 0 ? 2 : 0);
  cJSON_AddStringToObject(json, "leverage", sim_units_text(holding->leverage, 0, 0));
  sim_json_add_money(json, "positionBalance", position->margin, -1);
  cJSON_AddStringToObject(json, "markPrice", bybit_price(s, m, bybit_mark(s, m)));
  cJSON_AddStringToObject(json, "liqPrice", liquidation == 0 ? "" : bybit_price(s, m, liquidation));
  cJSON_AddStringToObject(json, "bustPrice", "");
  cJSON_AddStringToObject(json, "breakEvenPrice", position->size != 0 ? average : "");
  sim_json_add_money(json, "positionMM", bourse__paper_maintenance(market, position), -1);
  sim_json_add_money(json, "positionIM", position->margin, -1);
  cJSON_AddStringToObject(json, "tpslMode", "Full");
  cJSON_AddStringToObject(json, "takeProfit", stop_price(s, account, m, slot, BYBIT_TAKE_PROFIT));
  cJSON_AddStringToObject(json, "stopLoss", stop_price(s, account, m, slot, BYBIT_STOP_LOSS));
  cJSON_AddStringToObject(json, "trailingStop", stop_price(s, account, m, slot, BYBIT_TRAILING));
  cJSON_AddStringToObject(
      json, "unrealisedPnl",
      position->size == 0 ? "" : sim_money_text(bourse__paper_unrealized(market, position, slot), -1));
  sim_json_add_money(json, "curRealisedPnl", position->realized, -1);
  sim_json_add_money(json, "cumRealisedPnl", position->realized, -1);
  sim_json_add_integer(json, "seq", (int64_t)market->update_id);
  cJSON_AddBoolToObject(json, "isReduceOnly", 0);
  cJSON_AddStringToObject(json, "mmrSysUpdatedTime", "");
  cJSON_AddStringToObject(json, "leverageSysUpdatedTime", "");
  bybit_add_ms(json, "createdTime", s, position->opened_ns);
  bybit_add_ms(json, "updatedTime", s, position->updated_ns);
  sim_json_add_integer(json, "openTime", (position->opened_ns + sim_skew_ns(s)) / BYBIT_MS);
  return json;
}

/* All that are open; of one symbol the flat ones too. */
static void run_positions(bybit_call *call) {
  sim *s = call->s;
  uint32_t mask, account;
  if (!bybit_chosen(call, &mask)) return;
  int32_t named = bybit_param(call, "symbol") != NULL;
  if (call->category == BYBIT_SPOT) {
    (void)bybit_fail(call, 10001, "params error: category only support linear or inverse or option");
    return;
  }
  if (!named && bybit_param(call, "settleCoin") == NULL && call->category == BYBIT_LINEAR) {
    (void)bybit_fail(call, 10001, "Missing some parameters that must be filled in, symbol or settleCoin");
    return;
  }
  account = call->account->account;
  cJSON *list = bybit_list(call);
  for (uint32_t m = BYBIT_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
    const paper_holding *holding = &account_of(s, account)->holdings[m];
    int32_t hedged = account_of(s, account)->hedged, told = 0;
    if ((mask >> m & 1) == 0) continue;
    for (int32_t slot = 0; slot < 2; slot++) {
      if (holding->slots[slot].size == 0 && !(named && hedged)) continue;
      cJSON_AddItemToArray(list, bybit_position_json(s, account, m, slot, 0));
      told = 1;
    }
    if (!told && named) cJSON_AddItemToArray(list, bybit_position_json(s, account, m, PAPER_LONG, 0));
  }
  bybit_cursor(call, 0);
}

static int32_t linear_symbol(bybit_call *call) {
  int32_t market = bybit_symbol(call);
  if (market < 0 || !bybit_is_spot((uint32_t)market)) return market;
  (void)bybit_fail(call, 10001, "params error: category only support linear or inverse");
  return -1;
}

static void run_leverage(bybit_call *call) {
  sim *s = call->s;
  bourse_decimal buy, sell;
  int64_t leverage;
  int32_t market = linear_symbol(call);
  if (market < 0 || bybit_need(call, "buyLeverage") == NULL || bybit_need(call, "sellLeverage") == NULL ||
      !bybit_decimal(call, &buy, "buyLeverage") || !bybit_decimal(call, &sell, "sellLeverage"))
    return;
  if (bourse_decimal_compare(&buy, &sell) != 0) {
    (void)bybit_fail(call, 10001, "buy leverage must be equal to sell leverage");
    return;
  }
  if (!bourse__paper_units(&leverage, &buy, 0) || leverage < 1 ||
      leverage > bybit_market(s, (uint32_t)market)->leverage_max) {
    (void)bybit_fail(call, 110013, "cannot set leverage [%s] gt maxLeverage [%d] by risk limit", sim_decimal_text(&buy),
                     bybit_market(s, (uint32_t)market)->leverage_max);
    return;
  }
  int32_t code = bourse__paper_set_leverage(sim_engine(s), call->account->account, (uint32_t)market, (int32_t)leverage);
  int32_t reason = code == BOURSE_OK ? 0 : bourse__paper_error(sim_engine(s))->reason;
  sim_settle(s);
  if (reason == PAPER_NO_CHANGE)
    (void)bybit_fail(call, 110043, "leverage not modified");
  else if (code != BOURSE_OK)
    (void)bybit_fail(call, 110044, "Available margin is insufficient.");
}

static void run_symbol_info(bybit_call *call) {
  uint32_t mask;
  if (!bybit_chosen(call, &mask)) return;
  cJSON *list = bybit_list(call);
  for (uint32_t m = BYBIT_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
    if ((mask >> m & 1) == 0) continue;
    const char *leverage = sim_units_text(account_of(call->s, call->account->account)->holdings[m].leverage, 0, 0);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "symbol", bybit_market(call->s, m)->about->id);
    cJSON_AddStringToObject(row, "buyLeverage", leverage);
    cJSON_AddStringToObject(row, "sellLeverage", leverage);
    cJSON_AddItemToArray(list, row);
  }
}

static void run_mode(bybit_call *call) {
  sim *s = call->s;
  int64_t mode;
  if (bybit_category(call) == BYBIT_NONE || !bybit_whole(call, &mode, "mode", -1)) return;
  if (call->category != BYBIT_LINEAR || (mode != 0 && mode != 3) ||
      (bybit_param(call, "symbol") == NULL && bybit_param(call, "coin") == NULL)) {
    (void)bybit_fail(call, 10001, "params error: mode, symbol or coin invalid");
    return;
  }
  int32_t code = bourse__paper_set_hedged(sim_engine(s), call->account->account, mode == 3);
  int32_t reason = code == BOURSE_OK ? 0 : bourse__paper_error(sim_engine(s))->reason;
  sim_settle(s);
  if (reason == PAPER_NO_CHANGE)
    (void)bybit_fail(call, 110025, "Position mode is not modified");
  else if (code != BOURSE_OK)
    (void)bybit_fail(call, 110024, "You have an existing position, so the position mode cannot be switched");
}

static void run_closed(bybit_call *call) {
  sim *s = call->s;
  int64_t limit, start, end;
  uint64_t below, last = 0;
  uint32_t mask;
  if (!bybit_chosen(call, &mask) || !bybit_page(call, &limit, 50, 100, &below) || !bybit_window(call, &start, &end, 7))
    return;
  const paper_ring *fills = &account_of(s, call->account->account)->fills;
  cJSON *list = bybit_list(call);
  for (uint32_t i = fills->count; i-- > 0 && cJSON_GetArraySize(list) < limit;) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    const bybit_order *order = (const bybit_order *)sim_order_of(&bybit_of(s)->orders, fill->order_id);
    const paper_market *market = bybit_market(s, fill->market);
    int64_t time = (fill->time_ns + sim_skew_ns(s)) / BYBIT_MS;
    char id[BYBIT_ID_SIZE];
    if ((mask >> fill->market & 1) == 0 || fill->realized == 0 || fill->id >= below || time < start || time > end)
      continue;
    paper_money entry = fill->side == BOURSE_SIDE_SELL ? fill->cost - fill->realized : fill->cost + fill->realized;
    bourse_decimal average = bourse__paper_average(market, entry, fill->amount, 4);
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "symbol", market->about->id);
    cJSON_AddStringToObject(row, "orderId", order == NULL ? "" : bybit_order_id(id, order));
    cJSON_AddStringToObject(row, "side", fill->side == BOURSE_SIDE_BUY ? "Buy" : "Sell");
    cJSON_AddStringToObject(row, "qty", bybit_amount(s, fill->market, fill->amount));
    cJSON_AddStringToObject(row, "orderPrice", bybit_price(s, fill->market, fill->price));
    cJSON_AddStringToObject(row, "orderType", "Market");
    cJSON_AddStringToObject(row, "execType", "Trade");
    cJSON_AddStringToObject(row, "closedSize", bybit_amount(s, fill->market, fill->amount));
    sim_json_add_money(row, "cumEntryValue", entry, -1);
    sim_json_add_decimal(row, "avgEntryPrice", &average);
    sim_json_add_money(row, "cumExitValue", fill->cost, -1);
    cJSON_AddStringToObject(row, "avgExitPrice", bybit_price(s, fill->market, fill->price));
    sim_json_add_money(row, "closedPnl", fill->realized - fill->fee, -1);
    cJSON_AddStringToObject(row, "openFee", "0");
    sim_json_add_money(row, "closeFee", fill->fee, -1);
    cJSON_AddStringToObject(row, "fillCount", "1");
    cJSON_AddStringToObject(row, "leverage", "10");
    bybit_add_ms(row, "createdTime", s, fill->time_ns);
    bybit_add_ms(row, "updatedTime", s, fill->time_ns);
    cJSON_AddItemToArray(list, row);
    last = fill->id;
  }
  bybit_cursor(call, cJSON_GetArraySize(list) == limit ? last : 0);
}

/* --- Funding --- */

const char *bybit_funding_rate(sim *s, uint32_t market, int64_t time_ns) {
  int64_t now_ns = sim_now_ns(s);
  return sim_units_text(sim_funding_rate(s, market, time_ns > now_ns ? now_ns : time_ns), 8, -1);
}

void bybit_pay_funding(sim *s) {
  for (uint32_t a = 0; a < bourse__paper_account_count(sim_engine(s)); a++)
    for (uint32_t m = BYBIT_SPOT_MARKETS; m < PAPER_MARKETS; m++)
      for (int32_t slot = 0; slot < 2 && sim_account_of(s, a) != NULL; slot++) {
        const paper_market *market = bybit_market(s, m);
        int64_t size = account_of(s, a)->holdings[m].slots[slot].size, rate = sim_funding_rate(s, m, sim_now_ns(s));
        if (size == 0 || rate == 0) continue;
        paper_money paid = (paper_money)bybit_mark(s, m) * size * market->unit_cost / 100000000 * rate;
        bourse_decimal amount = bourse__paper_money_decimal(slot == PAPER_LONG ? -paid : paid);
        (void)bourse_decimal_round(&amount, &amount, PLACES, BOURSE_ROUND_DOWN);
        (void)sim_deposit(s, a, BYBIT_UNIFIED, market->about->settle, &amount, funding_kinds[m]);
      }
}

/* --- The ledger --- */

static const char *ledger_type(const char *kind, int32_t takes) {
  if (strncmp(kind, "funding", 7) == 0) return "SETTLEMENT";
  if (strcmp(kind, "transfer") == 0) return takes ? "TRANSFER_OUT" : "TRANSFER_IN";
  if (strcmp(kind, "deposit") == 0) return "TRANSFER_IN";
  if (strcmp(kind, "withdrawal") == 0) return "TRANSFER_OUT";
  return strcmp(kind, "insurance") == 0 ? "LIQUIDATION" : "TRADE";
}

/* Which side of a trade an account was; of both the later one. */
static int32_t side_of(sim *s, uint32_t account, uint64_t trade) {
  const paper_ring *fills = &account_of(s, account)->fills;
  for (uint32_t i = fills->count; i-- > 0;) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    if (fill->id == trade) return fill->side;
  }
  return BOURSE_SIDE_BUY;
}

static void run_ledger(bybit_call *call) {
  sim *s = call->s;
  int64_t limit, start, end;
  uint64_t below, last = 0;
  const char *currency = bybit_param(call, "currency"), *type = bybit_param(call, "type"),
             *category = bybit_param(call, "category");
  if (!bybit_page(call, &limit, 20, 50, &below) || !bybit_window(call, &start, &end, 7)) return;
  const paper_ring *ledger = &account_of(s, call->account->account)->ledger;
  cJSON *list = bybit_list(call);
  for (uint32_t i = ledger->count; i-- > 0 && cJSON_GetArraySize(list) < limit;) {
    const paper_ledger *entry = bourse__paper_ring_at(ledger, i);
    const char *code = bourse__paper_currency_code(sim_engine(s), entry->currency),
               *word = ledger_type(entry->kind, entry->amount < 0);
    uint32_t market = strncmp(entry->kind, "funding", 7) == 0 ? (uint32_t)(entry->kind[7] - '0') : entry->market;
    int32_t fee = strcmp(entry->kind, "fee") == 0, funding = strcmp(word, "SETTLEMENT") == 0,
            of = market < PAPER_MARKETS;
    int64_t time = (entry->time_ns + sim_skew_ns(s)) / BYBIT_MS;
    char id[BYBIT_ID_SIZE];
    if (entry->wallet != BYBIT_UNIFIED || entry->id >= below || time < start || time > end ||
        (currency != NULL && strcmp(currency, code) != 0) || (type != NULL && strcmp(type, word) != 0) ||
        (category != NULL && of && strcmp(category, bybit_category_text(market)) != 0))
      continue;
    cJSON *row = cJSON_CreateObject();
    (void)snprintf(id, sizeof id, "592324_%s_%llu", of ? bybit_market(s, market)->about->id : code,
                   (unsigned long long)entry->id);
    cJSON_AddStringToObject(row, "id", id);
    cJSON_AddStringToObject(row, "symbol", of ? bybit_market(s, market)->about->id : "");
    cJSON_AddStringToObject(row, "category", of ? bybit_category_text(market) : "");
    cJSON_AddStringToObject(row, "side", entry->amount < 0 ? "Sell" : "Buy");
    bybit_add_ms(row, "transactionTime", s, entry->time_ns);
    cJSON_AddStringToObject(row, "type", word);
    cJSON_AddStringToObject(row, "qty", "");
    cJSON_AddStringToObject(row, "size", "");
    cJSON_AddStringToObject(row, "currency", code);
    cJSON_AddStringToObject(row, "tradePrice", "");
    cJSON_AddStringToObject(row, "funding", funding ? sim_money_text(entry->amount, -1) : "");
    cJSON_AddStringToObject(row, "fee", fee ? sim_money_text(-entry->amount, -1) : "0");
    cJSON_AddStringToObject(row, "cashFlow", fee || funding ? "0" : sim_money_text(entry->amount, -1));
    sim_json_add_money(row, "change", entry->amount, -1);
    sim_json_add_money(row, "cashBalance", entry->balance, -1);
    cJSON_AddStringToObject(row, "feeRate", "");
    cJSON_AddStringToObject(row, "bonusChange", "");
    cJSON_AddStringToObject(
        row, "tradeId",
        entry->reference == 0 || !of
            ? ""
            : bybit_exec_id(id, market, entry->reference, side_of(s, call->account->account, entry->reference)));
    cJSON_AddStringToObject(row, "orderId", "");
    cJSON_AddStringToObject(row, "orderLinkId", "");
    cJSON_AddItemToArray(list, row);
    last = entry->id;
  }
  bybit_cursor(call, cJSON_GetArraySize(list) == limit ? last : 0);
}

#define READ(path_, limit_, run_) \
  { "GET", "/v5/" path_, NULL, BYBIT_READ, limit_, 0, 0, run_ }
#define SET(path_, limit_, run_) \
  { "POST", "/v5/" path_, NULL, BYBIT_TRADE, limit_, 0, 0, run_ }

const bybit_row bybit_account_rows[] = {
    READ("account/wallet-balance", 50, run_wallet),
    READ("account/withdrawal", 50, run_transferable),
    READ("account/info", 50, run_info),
    READ("user/query-api", 10, run_key),
    READ("account/fee-rate", 5, run_fees),
    READ("account/transaction-log", 25, run_ledger),
    READ("position/list", 50, run_positions),
    READ("position/symbol-info", 50, run_symbol_info),
    READ("position/closed-pnl", 50, run_closed),
    SET("account/set-margin-mode", 5, run_margin_mode),
    SET("position/set-leverage", 10, run_leverage),
    SET("position/switch-mode", 10, run_mode),
    {0},
};
