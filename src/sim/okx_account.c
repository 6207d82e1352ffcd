/* sim/okx_account.c - the trading account: balances, positions and their settings, fees, bills. Follows "Trading Account" of the
 * exchange's V5 documents. */
#include "okx.h"

#define PLACES 8

static const char *const funding_kinds[PAPER_MARKETS] = {"funding", "funding", "funding",  "funding",
                                                         "funding", "funding", "funding6", "funding7"};

static void add(cJSON *json, const char *name, const char *text) { cJSON_AddStringToObject(json, name, text); }

int64_t okx_mark(sim *s, uint32_t m) {
  const paper_market *market = okx_market(s, m);
  return market->mark != 0 ? market->mark : market->last;
}

/* --- Balances --- */

static paper_money profit_of(sim *s, uint32_t account, uint32_t currency) {
  paper_money profit = 0;
  for (uint32_t m = OKX_SPOT_MARKETS; m < PAPER_MARKETS; m++)
    for (int32_t slot = 0; slot < 2 && okx_market(s, m)->settle == currency; slot++)
      profit += bourse__paper_unrealized(okx_market(s, m), &okx_account(s, account)->holdings[m].slots[slot], slot);
  return profit;
}

static cJSON *detail_json(sim *s, uint32_t account, uint32_t i, paper_money profit) {
  static const char *const zeros[] = {
      "fixedBal",      "stgyEq", "spotIsoBal",           "smtSyncEq", "spotCopyTradingEq", "rewardBal",
      "notionalLever", "twap",   "colBorrAutoConversion"};
  static const char *const empty[] = {"borrowFroz", "clSpotInUseAmt", "crossLiab",       "interest", "isoLiab",
                                      "liab",       "maxLoan",        "maxSpotInUseAmt", "mgnRatio", "openAvgPx",
                                      "accAvgPx",   "spotBal",        "spotInUseAmt",    "spotUpl",  "spotUplRatio",
                                      "totalPnl",   "totalPnlRatio",  "uplLiab"};
  const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, OKX_TRADING, i);
  paper_money free_money = bourse__paper_available(sim_engine(s), account, OKX_TRADING, i),
              frozen = balance->locked + balance->margin;
  cJSON *row = cJSON_CreateObject();
  add(row, "ccy", bourse__paper_currency_code(sim_engine(s), i));
  add(row, "cashBal", sim_money_text(balance->total, -1));
  add(row, "eq", sim_money_text(balance->total + profit, -1));
  add(row, "eqUsd", sim_money_text(sim_worth(s, i, balance->total + profit), PLACES));
  add(row, "availBal", sim_money_text(free_money < 0 ? 0 : free_money, -1));
  add(row, "availEq", sim_money_text(free_money < 0 ? 0 : free_money, -1));
  add(row, "frozenBal", sim_money_text(frozen, -1));
  add(row, "ordFrozen", sim_money_text(balance->locked, -1));
  add(row, "disEq", sim_money_text(sim_worth(s, i, balance->total), PLACES));
  add(row, "imr", sim_money_text(balance->margin, -1));
  add(row, "mmr", "0");
  add(row, "isoEq", "0");
  add(row, "isoUpl", "0");
  add(row, "upl", sim_money_text(profit, -1));
  cJSON_AddBoolToObject(row, "collateralEnabled", 0);
  add(row, "uTime", okx_ms(s, sim_now_ns(s)));
  for (size_t k = 0; k < sizeof zeros / sizeof zeros[0]; k++) add(row, zeros[k], "0");
  for (size_t k = 0; k < sizeof empty / sizeof empty[0]; k++) add(row, empty[k], "");
  return row;
}

/* only: coins by number, list: by name; neither: all that are there. */
cJSON *okx_balance_json(sim *s, uint32_t account, const uint8_t *only, const char *list) {
  static const char *const empty[] = {"adjEq",
                                      "availEq",
                                      "borrowFroz",
                                      "imr",
                                      "mgnRatio",
                                      "mmr",
                                      "notionalUsd",
                                      "notionalUsdForBorrow",
                                      "notionalUsdForFutures",
                                      "notionalUsdForOption",
                                      "notionalUsdForSwap",
                                      "ordFroz",
                                      "upl"};
  cJSON *json = cJSON_CreateObject(), *details = cJSON_AddArrayToObject(json, "details");
  paper_money equity = 0;
  for (uint32_t i = 0; i < bourse__paper_currency_count(sim_engine(s)) && i < OKX_CURRENCIES; i++) {
    const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, OKX_TRADING, i);
    paper_money profit = profit_of(s, account, i);
    equity += sim_worth(s, i, balance->total + profit);
    if (only != NULL   ? only[i]
        : list != NULL ? sim_is_listed(list, bourse__paper_currency_code(sim_engine(s), i))
                       : balance->total != 0)
      cJSON_AddItemToArray(details, detail_json(s, account, i, profit));
  }
  add(json, "totalEq", sim_money_text(equity, PLACES));
  add(json, "isoEq", "0");
  add(json, "uTime", okx_ms(s, sim_now_ns(s)));
  for (size_t k = 0; k < sizeof empty / sizeof empty[0]; k++) add(json, empty[k], "");
  return json;
}

static void run_balance(okx_call *call) {
  okx_add(call, okx_balance_json(call->s, call->account->account, NULL, okx_param(call, "ccy")));
}

/* --- Settings --- */

static void run_config(okx_call *call) {
  static const char *const empty[] = {"levelTmp", "ip", "spotOffsetType", "settleCcy"};
  const sim_key *key = &call->account->key;
  char uid[32], perm[40];
  cJSON *row = cJSON_CreateObject();
  (void)snprintf(uid, sizeof uid, "%llu", 446247000000000000ULL + call->account->account);
  (void)snprintf(perm, sizeof perm, "read_only%s%s", key->read_only ? "" : ",trade", key->withdraws ? ",withdraw" : "");
  add(row, "uid", uid);
  add(row, "mainUid", uid);
  add(row, "acctLv", "2");
  add(row, "posMode", okx_account(call->s, call->account->account)->hedged ? "long_short_mode" : "net_mode");
  add(row, "perm", perm);
  add(row, "label", "bourse sim");
  add(row, "acctStpMode", "cancel_maker");
  cJSON_AddBoolToObject(row, "autoLoan", 0);
  cJSON_AddBoolToObject(row, "enableSpotBorrow", 0);
  cJSON_AddBoolToObject(row, "spotBorrowAutoRepay", 0);
  add(row, "ctIsoMode", "automatic");
  add(row, "mgnIsoMode", "automatic");
  add(row, "greeksType", "PA");
  add(row, "level", "Lv1");
  add(row, "kycLv", "2");
  add(row, "roleType", "0");
  add(row, "spotRoleType", "0");
  add(row, "opAuth", "0");
  add(row, "feeType", "0");
  add(row, "type", "0");
  cJSON_AddArrayToObject(row, "settleCcyList");
  cJSON_AddArrayToObject(row, "traderInsts");
  cJSON_AddArrayToObject(row, "spotTraderInsts");
  for (size_t k = 0; k < sizeof empty / sizeof empty[0]; k++) add(row, empty[k], "");
  okx_add(call, row);
}

static cJSON *leverage_json(sim *s, uint32_t account, uint32_t m, const char *mode, const char *side) {
  cJSON *row = cJSON_CreateObject();
  add(row, "instId", okx_market(s, m)->about->id);
  add(row, "ccy", "");
  add(row, "mgnMode", mode);
  add(row, "posSide", side);
  add(row, "lever", sim_units_text(okx_account(s, account)->holdings[m].leverage, 0, 0));
  return row;
}

static void run_get_leverage(okx_call *call) {
  const char *ids = okx_need(call, "instId"), *mode = ids == NULL ? NULL : okx_need(call, "mgnMode");
  uint32_t account;
  if (mode == NULL) return;
  account = call->account->account;
  int32_t hedged = okx_account(call->s, account)->hedged;
  for (uint32_t m = OKX_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
    if (!sim_is_listed(ids, okx_market(call->s, m)->about->id)) continue;
    okx_add(call, leverage_json(call->s, account, m, mode, hedged ? "long" : "net"));
    if (hedged) okx_add(call, leverage_json(call->s, account, m, mode, "short"));
  }
  if (call->data == NULL) (void)okx_fail(call, 51001, "Instrument ID, Instrument ID code, or Spread ID doesn't exist.");
}

static void run_leverage(okx_call *call) {
  sim *s = call->s;
  bourse_decimal value;
  int64_t leverage;
  const char *mode = okx_need(call, "mgnMode"), *side = okx_param(call, "posSide");
  int32_t market = mode == NULL ? -1 : okx_instrument(call);
  if (market < 0 || okx_need(call, "lever") == NULL || !okx_decimal(call, &value, "lever")) return;
  if (okx_is_spot((uint32_t)market) || !bourse__paper_units(&leverage, &value, 0) || leverage < 1 ||
      leverage > okx_market(s, (uint32_t)market)->leverage_max) {
    (void)okx_fail(call, 59102, "Leverage exceeds the maximum limit. Please lower the leverage.");
    return;
  }
  int32_t code = bourse__paper_set_leverage(sim_engine(s), call->account->account, (uint32_t)market, (int32_t)leverage),
          reason = code == BOURSE_OK ? 0 : bourse__paper_error(sim_engine(s))->reason;
  sim_settle(s);
  if (code != BOURSE_OK && reason != PAPER_NO_CHANGE)
    (void)okx_fail(call, 59103,
                   "Leverage is too low and no sufficient margin in your account. Please raise the leverage.");
  else
    okx_add(call, leverage_json(s, call->account->account, (uint32_t)market, mode, side == NULL ? "net" : side));
}

static void run_position_mode(okx_call *call) {
  sim *s = call->s;
  const char *mode = okx_need(call, "posMode");
  if (mode == NULL) return;
  int32_t hedged = strcmp(mode, "long_short_mode") == 0;
  if (!hedged && strcmp(mode, "net_mode") != 0) {
    (void)okx_fail(call, 51000, "Parameter posMode error");
    return;
  }
  int32_t code = bourse__paper_set_hedged(sim_engine(s), call->account->account, hedged),
          reason = code == BOURSE_OK ? 0 : bourse__paper_error(sim_engine(s))->reason;
  sim_settle(s);
  if (code != BOURSE_OK && reason != PAPER_NO_CHANGE) {
    (void)okx_fail(call, 59000,
                   "Setting failed. Cancel any open orders, close positions, and stop trading bots first.");
    return;
  }
  cJSON *row = cJSON_CreateObject();
  add(row, "posMode", mode);
  okx_add(call, row);
}

/* Negative is what is paid. */
static void run_fees(okx_call *call) {
  const char *type = okx_need(call, "instType");
  if (type == NULL) return;
  const bourse_market *about = okx_market(call->s, strcmp(type, "SPOT") == 0 ? 0 : OKX_SPOT_MARKETS)->about;
  bourse_decimal maker = about->maker_fee, taker = about->taker_fee;
  maker.flags |= BOURSE_DECIMAL_NEGATIVE;
  taker.flags |= BOURSE_DECIMAL_NEGATIVE;
  int32_t spot = strcmp(type, "SPOT") == 0;
  const char *maker_text = sim_decimal_text(&maker), *taker_text = sim_decimal_text(&taker);
  cJSON *row = cJSON_CreateObject(), *group = cJSON_CreateObject();
  add(row, "instType", type);
  add(row, "level", "Lv1");
  add(row, "category", "1");
  add(row, "maker", spot ? maker_text : "-0.0002");
  add(row, "taker", spot ? taker_text : "-0.0005");
  add(row, "makerU", spot ? "" : maker_text);
  add(row, "takerU", spot ? "" : taker_text);
  add(row, "makerUSDC", "");
  add(row, "takerUSDC", "");
  add(row, "delivery", "");
  add(row, "exercise", "");
  add(row, "ruleType", "normal");
  cJSON_AddArrayToObject(row, "fiat");
  add(group, "groupId", spot ? "1" : "4");
  add(group, "maker", maker_text);
  add(group, "taker", taker_text);
  cJSON_AddItemToArray(cJSON_AddArrayToObject(row, "feeGroup"), group);
  add(row, "ts", okx_ms(call->s, sim_now_ns(call->s)));
  okx_add(call, row);
}

static void run_max(okx_call *call) {
  int32_t market = okx_instrument(call);
  if (market < 0 || okx_need(call, "tdMode") == NULL) return;
  const paper_market *m = okx_market(call->s, (uint32_t)market);
  const paper_account *owner = okx_account(call->s, call->account->account);
  paper_money quote = bourse__paper_available(sim_engine(call->s), owner->index, OKX_TRADING,
                                              m->linear ? m->settle : m->quote),
              base = bourse__paper_available(sim_engine(call->s), owner->index, OKX_TRADING, m->base);
  int64_t price = m->last == 0 ? 1 : m->last, buy = quote <= 0 ? 0 : (int64_t)(quote / (price * m->unit_cost)),
          sell = base <= 0 ? 0 : (int64_t)(base / m->unit_amount);
  if (m->linear) buy = sell = buy * owner->holdings[market].leverage;
  int32_t avail = strstr(call->row->path, "avail") != NULL;
  cJSON *row = cJSON_CreateObject();
  add(row, "instId", m->about->id);
  add(row, "ccy", "");
  add(row, avail ? "availBuy" : "maxBuy",
      avail ? sim_money_text(quote < 0 ? 0 : quote, -1) : okx_size(call->s, (uint32_t)market, buy));
  add(row, avail ? "availSell" : "maxSell", okx_size(call->s, (uint32_t)market, sell));
  okx_add(call, row);
}

/* --- Positions --- */

cJSON *okx_position_json(sim *s, uint32_t account, uint32_t m, int32_t slot) {
  static const char *const empty[] = {
      "posCcy",   "optVal",       "interest",     "liab",          "liabCcy",       "deltaBS",
      "deltaPA",  "gammaBS",      "gammaPA",      "thetaBS",       "thetaPA",       "vegaBS",
      "vegaPA",   "spotInUseAmt", "spotInUseCcy", "bizRefId",      "bizRefType",    "baseBal",
      "quoteBal", "baseBorrowed", "baseInterest", "quoteBorrowed", "quoteInterest", "pendingCloseOrdLiabVal",
      "mgnRatio"};
  const paper_market *market = okx_market(s, m);
  const paper_account *owner = okx_account(s, account);
  const paper_holding *holding = &owner->holdings[m];
  const paper_position *position = &holding->slots[slot];
  int64_t liquidation = bourse__paper_liquidation_price(sim_engine(s), account, m, slot),
          sign = slot == PAPER_SHORT && !owner->hedged ? -1 : 1;
  paper_money profit = bourse__paper_unrealized(market, position, slot),
              worth = (paper_money)okx_mark(s, m) * position->size * market->unit_cost;
  bourse_decimal entry = bourse__paper_average(market, position->entry_cost, position->size, 4);
  const char *average = position->size != 0 ? sim_decimal_text(&entry) : "";
  cJSON *row = cJSON_CreateObject();
  add(row, "instType", "SWAP");
  add(row, "instId", market->about->id);
  add(row, "mgnMode", holding->isolated ? "isolated" : "cross");
  add(row, "posId", okx_id(UINT64_C(100) * (account + 1) + m * 2 + (uint32_t)slot));
  add(row, "posSide", !owner->hedged ? "net" : slot == PAPER_LONG ? "long" : "short");
  add(row, "pos", okx_size(s, m, position->size * sign));
  add(row, "availPos", okx_size(s, m, position->size));
  add(row, "avgPx", average);
  add(row, "nonSettleAvgPx", "");
  add(row, "bePx", average);
  add(row, "markPx", okx_price(s, m, okx_mark(s, m)));
  add(row, "last", okx_price(s, m, market->last));
  add(row, "idxPx", okx_price(s, m, market->index_price != 0 ? market->index_price : market->last));
  add(row, "upl", sim_money_text(profit, -1));
  add(row, "uplRatio", "0");
  add(row, "uplLastPx", sim_money_text(profit, -1));
  add(row, "uplRatioLastPx", "0");
  add(row, "lever", sim_units_text(holding->leverage, 0, 0));
  add(row, "liqPx", liquidation == 0 ? "" : okx_price(s, m, liquidation));
  add(row, "margin", holding->isolated ? sim_money_text(position->margin, -1) : "");
  add(row, "imr", holding->isolated ? "" : sim_money_text(position->margin, -1));
  add(row, "mmr", sim_money_text(bourse__paper_maintenance(market, position), -1));
  add(row, "notionalUsd", sim_money_text(worth, -1));
  add(row, "adl", position->size != 0 ? "1" : "0");
  add(row, "ccy", market->about->settle);
  add(row, "realizedPnl", sim_money_text(position->realized, -1));
  add(row, "pnl", sim_money_text(position->realized, -1));
  add(row, "settledPnl", "");
  add(row, "fee", "0");
  add(row, "fundingFee", "0");
  add(row, "liqPenalty", "0");
  add(row, "tradeId", "");
  add(row, "usdPx", "1");
  cJSON_AddArrayToObject(row, "closeOrderAlgo");
  add(row, "cTime", okx_ms(s, position->opened_ns));
  add(row, "uTime", okx_ms(s, position->updated_ns));
  for (size_t k = 0; k < sizeof empty / sizeof empty[0]; k++) add(row, empty[k], "");
  return row;
}

static void run_positions(okx_call *call) {
  uint32_t mask;
  const char *ids = okx_param(call, "instId"), *type = okx_param(call, "instType");
  if (ids == NULL && !okx_chosen(call, &mask, 0)) return;
  for (uint32_t m = OKX_SPOT_MARKETS; m < PAPER_MARKETS; m++)
    for (int32_t slot = 0; slot < 2; slot++) {
      if (okx_account(call->s, call->account->account)->holdings[m].slots[slot].size == 0 ||
          (type != NULL && strcmp(type, "SWAP") != 0) ||
          (ids != NULL && !sim_is_listed(ids, okx_market(call->s, m)->about->id)))
        continue;
      okx_add(call, okx_position_json(call->s, call->account->account, m, slot));
    }
}

static void run_closed(okx_call *call) {
  sim *s = call->s;
  okx_page page;
  uint32_t mask;
  if (!okx_chosen(call, &mask, 0) || !okx_read_page(call, &page, 100)) return;
  const paper_ring *fills = &okx_account(s, call->account->account)->fills;
  for (uint32_t i = fills->count; i-- > 0 && page.limit > 0;) { /* each fill that closed something */
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    int64_t ms = (fill->time_ns + sim_skew_ns(s)) / OKX_MS;
    if ((mask >> fill->market & 1) == 0 || fill->realized == 0 || !okx_within(&page, (uint64_t)ms, ms)) continue;
    const paper_market *market = okx_market(s, fill->market);
    int32_t sold = fill->side == BOURSE_SIDE_SELL;
    paper_money entry = sold ? fill->cost - fill->realized : fill->cost + fill->realized;
    bourse_decimal average = bourse__paper_average(market, entry, fill->amount, 4);
    cJSON *row = cJSON_CreateObject();
    add(row, "instType", "SWAP");
    add(row, "instId", market->about->id);
    add(row, "mgnMode", okx_mode_of(s, call->account->account, fill->market));
    add(row, "type", "2");
    add(row, "posId", okx_id(fill->id));
    add(row, "direction", sold ? "long" : "short");
    add(row, "posSide", "net");
    add(row, "openAvgPx", sim_decimal_text(&average));
    add(row, "closeAvgPx", okx_price(s, fill->market, fill->price));
    add(row, "openMaxPos", okx_size(s, fill->market, fill->amount));
    add(row, "closeTotalPos", okx_size(s, fill->market, fill->amount));
    add(row, "pnl", sim_money_text(fill->realized, -1));
    add(row, "realizedPnl", sim_money_text(fill->realized - fill->fee, -1));
    add(row, "fee", okx_fee(fill->fee));
    add(row, "fundingFee", "0");
    add(row, "liqPenalty", "0");
    add(row, "lever", sim_units_text(okx_account(s, call->account->account)->holdings[fill->market].leverage, 0, 0));
    add(row, "ccy", market->about->settle);
    add(row, "uly", okx_contracts[fill->market].family);
    add(row, "cTime", okx_ms(s, fill->time_ns));
    add(row, "uTime", okx_ms(s, fill->time_ns));
    okx_add(call, row);
    page.limit--;
  }
}

/* --- Funding --- */

const char *okx_funding_rate(sim *s, uint32_t market, int64_t time_ns) {
  int64_t now_ns = sim_now_ns(s);
  return sim_units_text(sim_funding_rate(s, market, time_ns > now_ns ? now_ns : time_ns), 8, -1);
}

void okx_pay_funding(sim *s) {
  for (uint32_t a = 0; a < bourse__paper_account_count(sim_engine(s)); a++)
    for (uint32_t m = OKX_SPOT_MARKETS; m < PAPER_MARKETS; m++)
      for (int32_t slot = 0; slot < 2 && sim_account_of(s, a) != NULL; slot++) {
        const paper_market *market = okx_market(s, m);
        int64_t size = okx_account(s, a)->holdings[m].slots[slot].size, rate = sim_funding_rate(s, m, sim_now_ns(s));
        if (size == 0 || rate == 0) continue;
        paper_money paid = (paper_money)okx_mark(s, m) * size * market->unit_cost / 100000000 * rate;
        bourse_decimal amount = bourse__paper_money_decimal(slot == PAPER_LONG ? -paid : paid);
        (void)bourse_decimal_round(&amount, &amount, PLACES, BOURSE_ROUND_DOWN);
        (void)sim_deposit(s, a, OKX_TRADING, market->about->settle, &amount, funding_kinds[m]);
      }
}

/* --- Bills --- type 1 transfer, 2 trade, 5 liquidation, 8 funding. */

static const char *bill_type(const char *kind) {
  if (strncmp(kind, "funding", 7) == 0) return "8";
  if (strcmp(kind, "transfer") == 0 || strcmp(kind, "deposit") == 0 || strcmp(kind, "withdrawal") == 0) return "1";
  return strcmp(kind, "insurance") == 0 ? "5" : "2";
}

static void run_bills(okx_call *call) {
  sim *s = call->s;
  const char *currency = okx_param(call, "ccy"), *type = okx_param(call, "type");
  okx_page page;
  if (!okx_read_page(call, &page, 100)) return;
  uint64_t after = page.after == UINT64_MAX ? UINT64_MAX : okx_id_number(okx_param(call, "after")),
           before = page.before == 0 ? 0 : okx_id_number(okx_param(call, "before"));
  const paper_ring *ledger = &okx_account(s, call->account->account)->ledger;
  for (uint32_t i = ledger->count; i-- > 0 && page.limit > 0;) {
    const paper_ledger *entry = bourse__paper_ring_at(ledger, i);
    const char *code = bourse__paper_currency_code(sim_engine(s), entry->currency), *word = bill_type(entry->kind);
    uint32_t m = strncmp(entry->kind, "funding", 7) == 0 ? (uint32_t)(entry->kind[7] - '0') : entry->market;
    int32_t of = m < PAPER_MARKETS, is_fee = strcmp(entry->kind, "fee") == 0, gains = strcmp(entry->kind, "pnl") == 0;
    int64_t ms = (entry->time_ns + sim_skew_ns(s)) / OKX_MS;
    if (entry->wallet != OKX_TRADING || entry->id >= after || entry->id <= before ||
        (page.begin >= 0 && ms < page.begin) || (page.end >= 0 && ms > page.end) ||
        (currency != NULL && strcmp(currency, code) != 0) || (type != NULL && strcmp(type, word) != 0))
      continue;
    cJSON *row = cJSON_CreateObject();
    add(row, "billId", okx_id(entry->id));
    add(row, "ccy", code);
    add(row, "type", word);
    add(row, "subType",
        strcmp(word, "8") == 0   ? (entry->amount < 0 ? "173" : "174")
        : strcmp(word, "1") == 0 ? (entry->amount < 0 ? "12" : "11")
        : entry->amount < 0      ? "2"
                                 : "1");
    add(row, "balChg", sim_money_text(entry->amount, -1));
    add(row, "bal", sim_money_text(entry->balance, -1));
    add(row, "sz", sim_money_text(entry->amount < 0 ? -entry->amount : entry->amount, -1));
    add(row, "px", "");
    add(row, "fee", is_fee ? sim_money_text(entry->amount, -1) : "0");
    add(row, "pnl", gains || strcmp(word, "8") == 0 ? sim_money_text(entry->amount, -1) : "0");
    add(row, "instType", of ? okx_type(m) : "");
    add(row, "instId", of ? okx_market(s, m)->about->id : "");
    add(row, "tradeId", entry->reference == 0 ? "" : sim_units_text((int64_t)entry->reference, 0, 0));
    add(row, "ordId", "");
    add(row, "clOrdId", "");
    add(row, "mgnMode", of && !okx_is_spot(m) ? okx_mode_of(s, call->account->account, m) : "");
    add(row, "from", strcmp(word, "1") != 0 ? "" : entry->amount < 0 ? "18" : "6");
    add(row, "to", strcmp(word, "1") != 0 ? "" : entry->amount < 0 ? "6" : "18");
    add(row, "execType", "");
    add(row, "interest", "");
    add(row, "notes", "");
    add(row, "tag", "");
    add(row, "ts", okx_ms(s, entry->time_ns));
    okx_add(call, row);
    page.limit--;
  }
}

#define READ(path_, limit_, seconds_, run_) \
  { "GET", "/api/v5/account/" path_, NULL, OKX_READ, OKX_BY_USER, limit_, seconds_, 0, 0, run_ }
#define SET(path_, limit_, run_) \
  { "POST", "/api/v5/account/" path_, NULL, OKX_TRADE, OKX_BY_USER, limit_, 2, 0, 0, run_ }

const okx_row okx_account_rows[] = {
    READ("config", 5, 2, run_config),
    READ("balance", 10, 2, run_balance),
    READ("positions", 10, 2, run_positions),
    READ("positions-history", 10, 2, run_closed),
    READ("leverage-info", 20, 2, run_get_leverage),
    READ("trade-fee", 5, 2, run_fees),
    READ("max-size", 20, 2, run_max),
    READ("max-avail-size", 20, 2, run_max),
    READ("bills", 5, 1, run_bills),
    READ("bills-archive", 5, 2, run_bills),
    SET("set-leverage", 20, run_leverage),
    SET("set-position-mode", 5, run_position_mode),
    {0},
};
