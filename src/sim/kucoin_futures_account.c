/* sim/kucoin_futures_account.c - the futures account: money, fills, positions, margin and leverage, its book. */
#include "kucoin.h"

#define FIRST KUCOIN_SPOT_MARKETS

/* --- Money --- */

typedef struct sums {
  paper_money total, locked, margin, isolated, unrealized, isolated_unrealized, available;
} sums;

static sums sums_of(sim *s, uint32_t account, uint32_t currency) {
  const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, 1, currency);
  sums out = {.total = balance->total, .locked = balance->locked, .margin = balance->margin};
  out.available = bourse__paper_available(sim_engine(s), account, 1, currency);
  for (uint32_t m = FIRST; m < PAPER_MARKETS; m++) {
    const paper_holding *holding = &kucoin_paper_account(s, account)->holdings[m];
    if (kucoin_market(s, m)->settle != currency) continue;
    for (int32_t slot = 0; slot < 2; slot++) {
      paper_money profit = bourse__paper_unrealized(kucoin_market(s, m), &holding->slots[slot], slot);
      out.unrealized += profit;
      if (!holding->isolated) continue;
      out.isolated += holding->slots[slot].margin;
      out.isolated_unrealized += profit;
    }
  }
  return out;
}

cJSON *kucoin_overview(sim *s, uint32_t account, const char *currency, int32_t on_stream) {
  int64_t index = bourse__paper_currency_index(sim_engine(s), kucoin_currency(currency));
  sums all = {0};
  cJSON *json = cJSON_CreateObject();
  if (index >= 0) all = sums_of(s, account, (uint32_t)index);
  if (!on_stream) {
    kucoin_add_raw(json, "accountEquity", sim_money_text(all.total + all.unrealized, -1));
    kucoin_add_raw(json, "unrealisedPNL", sim_money_text(all.unrealized, -1));
    kucoin_add_raw(json, "marginBalance", sim_money_text(all.total, -1));
    kucoin_add_raw(json, "positionMargin", sim_money_text(all.margin, -1));
    kucoin_add_raw(json, "orderMargin", sim_money_text(all.locked, -1));
    kucoin_add_raw(json, "frozenFunds", "0.0");
    kucoin_add_raw(json, "availableBalance", sim_money_text(all.available, -1));
    cJSON_AddStringToObject(json, "currency", currency);
    kucoin_add_raw(json, "riskRatio", "0");
    kucoin_add_raw(json, "maxWithdrawAmount", sim_money_text(all.available, -1));
    kucoin_add_raw(json, "availableMargin", sim_money_text(all.available, -1));
    return json;
  }
  const struct {
    const char *name;
    paper_money money;
  } rows[] = {{"crossPosMargin", all.margin - all.isolated},
              {"isolatedOrderMargin", all.locked},
              {"holdBalance", 0},
              {"equity", all.total + all.unrealized},
              {"availableBalance", all.available},
              {"isolatedPosMargin", all.isolated},
              {"walletBalance", all.total},
              {"isolatedFundingFeeMargin", 0},
              {"crossUnPnl", all.unrealized - all.isolated_unrealized},
              {"totalCrossMargin", all.total - all.isolated},
              {"isolatedUnPnl", all.isolated_unrealized},
              {"crossOrderMargin", 0},
              {"maxWithdrawAmount", all.available}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    cJSON_AddStringToObject(json, rows[i].name, sim_money_text(rows[i].money, -1));
  cJSON_AddStringToObject(json, "currency", currency);
  cJSON_AddStringToObject(json, "version", sim_units_text((int64_t)++kucoin_of(s)->versions, 0, 0));
  cJSON_AddStringToObject(json, "timestamp", sim_units_text(sim_clock_ns(s) / KUCOIN_MS, 0, 0));
  return json;
}

static void run_overview(kucoin_call *call) {
  const char *currency = kucoin_param(call, "currency");
  call->data = kucoin_overview(call->s, call->account->account, currency == NULL ? "XBT" : currency, 0);
}

static const char *type_of(const paper_ledger *entry) {
  if (strcmp(entry->kind, "transfer") == 0) return entry->amount < 0 ? "TransferOut" : "TransferIn";
  if (strcmp(entry->kind, "deposit") == 0) return "Deposit";
  return strcmp(entry->kind, "withdrawal") == 0 ? "Withdrawal" : "RealisedPNL";
}

static void run_book(kucoin_call *call) {
  const paper_ring *ledger = &kucoin_paper_account(call->s, call->account->account)->ledger;
  const char *type = kucoin_param(call, "type"), *currency = kucoin_param(call, "currency");
  int64_t from_ns, to_ns, limit = kucoin_whole(call, "maxCount", 50), count = 0,
                          offset = kucoin_whole(call, "offset", INT64_MAX);
  cJSON *list = cJSON_CreateArray();
  int32_t more = 0;
  kucoin_span(call, &from_ns, &to_ns);
  if (limit < 1 || limit > 50) limit = 50;
  for (uint32_t i = ledger->count; i-- > 0 && !more;) {
    const paper_ledger *entry = bourse__paper_ring_at(ledger, i);
    const char *code = bourse__paper_currency_code(sim_engine(call->s), entry->currency);
    if (entry->wallet != 1 || (int64_t)entry->id >= offset || entry->time_ns < from_ns || entry->time_ns >= to_ns ||
        (type != NULL && strcmp(type, type_of(entry)) != 0) ||
        (currency != NULL && strcmp(kucoin_currency(currency), code) != 0))
      continue;
    more = count == limit;
    if (more) break;
    cJSON *row = cJSON_CreateObject();
    kucoin_add_ms(call->s, row, "time", entry->time_ns);
    cJSON_AddStringToObject(row, "type", type_of(entry));
    kucoin_add_raw(row, "amount", sim_money_text(entry->amount, -1));
    kucoin_add_raw(row, "fee", strcmp(entry->kind, "fee") == 0 ? sim_money_text(-entry->amount, -1) : "0");
    kucoin_add_raw(row, "accountEquity", sim_money_text(entry->balance, -1));
    cJSON_AddStringToObject(row, "status", "Completed");
    cJSON_AddStringToObject(row, "remark", entry->market < PAPER_MARKETS ? kucoin_rows[entry->market].id : "");
    sim_json_add_integer(row, "offset", (int64_t)entry->id);
    cJSON_AddStringToObject(row, "currency", kucoin_asset(code));
    cJSON_AddItemToArray(list, row);
    count++;
  }
  call->data = cJSON_CreateObject();
  cJSON_AddItemToObject(call->data, "dataList", list);
  cJSON_AddBoolToObject(call->data, "hasMore", more);
}

/* --- Fills --- */

#define TRADE_ID INT64_C(1784000000000)

static cJSON *fill_json(sim *s, const paper_fill *fill, const kucoin_record *record) {
  const sim_market_row *row = &kucoin_rows[fill->market];
  const paper_order *order = sim_record_order(s, &record->base);
  int32_t closes = fill->realized != 0;
  char id[KUCOIN_ID_SIZE];
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", row->id);
  cJSON_AddStringToObject(json, "tradeId", sim_units_text(TRADE_ID + (int64_t)fill->id, 0, 0));
  cJSON_AddStringToObject(json, "orderId", kucoin_now_id(id, record));
  cJSON_AddStringToObject(json, "side", fill->side == BOURSE_SIDE_BUY ? "buy" : "sell");
  cJSON_AddStringToObject(json, "liquidity", fill->role == BOURSE_MAKER ? "maker" : "taker");
  cJSON_AddFalseToObject(json, "forceTaker");
  cJSON_AddStringToObject(json, "price", kucoin_price(s, fill->market, fill->price));
  kucoin_add_raw(json, "size", kucoin_amount(s, fill->market, fill->amount));
  cJSON_AddStringToObject(json, "value", sim_money_text(fill->cost, -1));
  cJSON_AddStringToObject(json, "openFeePay", closes ? "0" : sim_money_text(fill->fee, -1));
  cJSON_AddStringToObject(json, "closeFeePay", closes ? sim_money_text(fill->fee, -1) : "0");
  cJSON_AddStringToObject(json, "stop", record->stop == NULL ? "" : record->stop);
  sim_json_add_decimal(json, "feeRate", fill->role == BOURSE_MAKER ? &row->maker : &row->taker);
  cJSON_AddStringToObject(json, "fixFee", "0");
  cJSON_AddStringToObject(json, "feeCurrency", row->settle);
  cJSON_AddStringToObject(json, "marginMode", record->isolated ? "ISOLATED" : "CROSS");
  cJSON_AddStringToObject(json, "settleCurrency", row->settle);
  cJSON_AddStringToObject(json, "fee", sim_money_text(fill->fee, -1));
  cJSON_AddStringToObject(json, "orderType", order != NULL && order->type == BOURSE_ORDER_MARKET ? "market" : "limit");
  cJSON_AddStringToObject(json, "tradeType", "trade");
  kucoin_add_ns(s, json, "tradeTime", fill->time_ns);
  kucoin_add_ms(s, json, "createdAt", fill->time_ns);
  return json;
}

static cJSON *list_fills(kucoin_call *call, int64_t since_ns) {
  sim *s = call->s;
  const paper_ring *fills = &kucoin_paper_account(s, call->account->account)->fills;
  const char *symbol = kucoin_param(call, "symbol"), *order_id = kucoin_param(call, "orderId"),
             *side = kucoin_param(call, "side");
  const kucoin_record *only = order_id == NULL ? NULL : kucoin_record_named(s, call->account->account, order_id, NULL);
  int64_t from_ns, to_ns;
  cJSON *list = cJSON_CreateArray();
  kucoin_span(call, &from_ns, &to_ns);
  if (since_ns > from_ns) from_ns = since_ns;
  for (uint32_t i = fills->count; i-- > 0;) {
    const paper_fill *fill = bourse__paper_ring_at(fills, i);
    const kucoin_record *record = sim_record_of(&kucoin_of(s)->records, fill->order_id);
    if (record == NULL || !kucoin_is_futures(fill->market) || fill->time_ns < from_ns || fill->time_ns >= to_ns ||
        (symbol != NULL && strcmp(symbol, kucoin_rows[fill->market].id) != 0) || (order_id != NULL && only != record) ||
        (side != NULL && (strcmp(side, "buy") == 0) != (fill->side == BOURSE_SIDE_BUY)))
      continue;
    cJSON_AddItemToArray(list, fill_json(s, fill, record));
  }
  return list;
}

#define WEEK_NS (7 * SIM_DAY_NS)

static void run_fills(kucoin_call *call) {
  int64_t from_ns, to_ns;
  kucoin_span(call, &from_ns, &to_ns);
  if (from_ns != 0 && to_ns != INT64_MAX && to_ns - from_ns > WEEK_NS + KUCOIN_SECOND)
    (void)kucoin_fail(call, "100001", "The time range can not be longer than seven days.");
  else
    kucoin_page(call, list_fills(call, sim_now_ns(call->s) - WEEK_NS), 50);
}

static void run_recent_fills(kucoin_call *call) { call->data = list_fills(call, sim_now_ns(call->s) - SIM_DAY_NS); }

/* --- Positions --- */

static const char *negated(paper_money money, int32_t negative) {
  return sim_money_text(negative ? -money : money, -1);
}

cJSON *kucoin_position_json(sim *s, uint32_t account, uint32_t market, int32_t slot) {
  const paper_market *m = kucoin_market(s, market);
  const paper_holding *holding = &kucoin_paper_account(s, account)->holdings[market];
  const paper_position *position = &holding->slots[slot];
  int32_t is_short = slot == PAPER_SHORT, hedged = kucoin_paper_account(s, account)->hedged;
  int64_t mark = m->mark != 0 ? m->mark : m->last,
          liquidation = position->size == 0 ? 0 : bourse__paper_liquidation_price(sim_engine(s), account, market, slot);
  bourse_decimal average = bourse__paper_average(m, position->entry_cost, position->size, 4);
  paper_money unrealized = bourse__paper_unrealized(m, position, slot),
              value = is_short ? position->entry_cost - unrealized : position->entry_cost + unrealized;
  char id[KUCOIN_ID_SIZE];
  cJSON *json = cJSON_CreateObject();
  (void)snprintf(id, sizeof id, "%lld", 500000000000000000LL + (long long)account * 100 + market * 2 + slot);
  cJSON_AddStringToObject(json, "id", id);
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  cJSON_AddFalseToObject(json, "autoDeposit");
  cJSON_AddBoolToObject(json, "crossMode", !holding->isolated);
  kucoin_add_raw(json, "maintMarginReq", "0.005");
  kucoin_add_raw(json, "riskLimit", "1000000000");
  kucoin_add_raw(json, "realLeverage", sim_units_text(holding->leverage, 0, 0));
  kucoin_add_raw(json, "delevPercentage", "0.5");
  kucoin_add_ms(s, json, "openingTimestamp", position->opened_ns);
  kucoin_add_ms(s, json, "currentTimestamp", sim_now_ns(s));
  kucoin_add_raw(json, "currentQty", kucoin_amount(s, market, is_short ? -position->size : position->size));
  kucoin_add_raw(json, "currentCost", negated(position->entry_cost, is_short));
  kucoin_add_raw(json, "currentComm", "0");
  kucoin_add_raw(json, "unrealisedCost", negated(position->entry_cost, is_short));
  kucoin_add_raw(json, "realisedGrossCost", "0");
  kucoin_add_raw(json, "realisedCost", "0");
  cJSON_AddBoolToObject(json, "isOpen", position->size != 0);
  kucoin_add_raw(json, "markPrice", kucoin_price(s, market, mark));
  kucoin_add_raw(json, "markValue", negated(value, is_short));
  kucoin_add_raw(json, "posCost", negated(position->entry_cost, is_short));
  kucoin_add_raw(json, "posInit", sim_money_text(position->margin, -1));
  kucoin_add_raw(json, "posMargin", sim_money_text(position->margin, -1));
  kucoin_add_raw(json, "posMaint", sim_money_text(bourse__paper_maintenance(m, position), -1));
  kucoin_add_raw(json, "maintMargin", sim_money_text(position->margin + unrealized, -1));
  kucoin_add_raw(json, "realisedGrossPnl", sim_money_text(position->realized, -1));
  kucoin_add_raw(json, "realisedPnl", sim_money_text(position->realized, -1));
  kucoin_add_raw(json, "unrealisedPnl", sim_money_text(unrealized, -1));
  kucoin_add_raw(json, "unrealisedPnlPcnt", "0");
  kucoin_add_raw(json, "unrealisedRoePcnt", "0");
  kucoin_add_raw(json, "avgEntryPrice", position->size == 0 ? "0" : sim_decimal_text(&average));
  kucoin_add_raw(json, "liquidationPrice", kucoin_price(s, market, liquidation));
  kucoin_add_raw(json, "bankruptPrice", kucoin_price(s, market, liquidation));
  cJSON_AddStringToObject(json, "settleCurrency", kucoin_rows[market].settle);
  cJSON_AddFalseToObject(json, "isInverse");
  cJSON_AddStringToObject(json, "marginMode", holding->isolated ? "ISOLATED" : "CROSS");
  cJSON_AddStringToObject(json, "positionSide", !hedged ? "BOTH" : is_short ? "SHORT" : "LONG");
  kucoin_add_raw(json, "leverage", sim_units_text(holding->leverage, 0, 0));
  return json;
}

static void add_positions(kucoin_call *call, cJSON *list, uint32_t market) {
  const paper_holding *holding = &kucoin_paper_account(call->s, call->account->account)->holdings[market];
  for (int32_t slot = 0; slot < 2; slot++)
    if (holding->slots[slot].size != 0)
      cJSON_AddItemToArray(list, kucoin_position_json(call->s, call->account->account, market, slot));
}

static void run_positions(kucoin_call *call) {
  const char *currency = kucoin_param(call, "currency");
  call->data = cJSON_CreateArray();
  for (uint32_t m = FIRST; m < PAPER_MARKETS; m++)
    if (currency == NULL || strcmp(currency, kucoin_rows[m].settle) == 0) add_positions(call, call->data, m);
}

/* v1 tells one, flat or not; v2 a list. */
static void run_position(kucoin_call *call) {
  int32_t market = kucoin_futures_market(call, kucoin_param(call, "symbol"));
  if (market < 0) return;
  if (strncmp(call->request->path, "/api/v2/", 8) == 0) {
    call->data = cJSON_CreateArray();
    add_positions(call, call->data, (uint32_t)market);
    return;
  }
  const paper_holding *holding = &kucoin_paper_account(call->s, call->account->account)->holdings[market];
  int32_t slot = holding->slots[PAPER_SHORT].size > 0 ? PAPER_SHORT : PAPER_LONG;
  call->data = kucoin_position_json(call->s, call->account->account, (uint32_t)market, slot);
}

static void run_history(kucoin_call *call) { kucoin_page(call, cJSON_CreateArray(), 10); }

/* There is no funding here. */
static void run_funding(kucoin_call *call) {
  if (kucoin_futures_market(call, kucoin_param(call, "symbol")) < 0) return;
  call->data = cJSON_CreateObject();
  cJSON_AddArrayToObject(call->data, "dataList");
  cJSON_AddFalseToObject(call->data, "hasMore");
}

/* --- Modes and leverage --- */

static const char *mode_of(kucoin_call *call, uint32_t market) {
  return kucoin_paper_account(call->s, call->account->account)->holdings[market].isolated ? "ISOLATED" : "CROSS";
}

static void run_mode(kucoin_call *call) {
  int32_t market = kucoin_futures_market(call, kucoin_param(call, "symbol"));
  if (market < 0) return;
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "symbol", kucoin_rows[market].id);
  cJSON_AddStringToObject(call->data, "marginMode", mode_of(call, (uint32_t)market));
}

/* 0: failed. */
static int32_t set_mode(kucoin_call *call, uint32_t market, const char *mode) {
  int32_t isolated = mode != NULL && strcmp(mode, "ISOLATED") == 0;
  if (mode == NULL || (!isolated && strcmp(mode, "CROSS") != 0))
    return kucoin_fail(call, "100001", "The marginMode is invalid.");
  if (strcmp(mode, mode_of(call, market)) == 0) return 1;
  if (bourse__paper_set_isolated(sim_engine(call->s), call->account->account, market, isolated) != BOURSE_OK)
    return kucoin_fail(call, "50002", "exist.order.or.position");
  sim_settle(call->s);
  kucoin_tell_setting(call->s, call->account->account, market, 0);
  return 1;
}

static void run_set_mode(kucoin_call *call) {
  int32_t market = kucoin_futures_market(call, kucoin_param(call, "symbol"));
  if (market >= 0 && set_mode(call, (uint32_t)market, kucoin_param(call, "marginMode"))) run_mode(call);
}

static void run_set_modes(kucoin_call *call) {
  const cJSON *symbols = cJSON_GetObjectItemCaseSensitive(call->body, "symbols"), *symbol;
  cJSON *modes, *errors;
  call->data = cJSON_CreateObject();
  modes = cJSON_AddObjectToObject(call->data, "marginMode");
  errors = cJSON_AddArrayToObject(call->data, "errors");
  cJSON_ArrayForEach(symbol, symbols) {
    const char *name = sim_json_item_text(symbol);
    int32_t market = kucoin_futures_market(call, name);
    if (market >= 0 && set_mode(call, (uint32_t)market, kucoin_param(call, "marginMode"))) {
      cJSON_AddStringToObject(modes, name, mode_of(call, (uint32_t)market));
      continue;
    }
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "code", call->code);
    cJSON_AddStringToObject(row, "msg", call->text);
    cJSON_AddStringToObject(row, "symbol", name == NULL ? "" : name);
    cJSON_AddItemToArray(errors, row);
    call->code = NULL;
  }
}

static void run_position_mode(kucoin_call *call) {
  call->data = cJSON_CreateObject();
  sim_json_add_integer(call->data, "positionMode", kucoin_paper_account(call->s, call->account->account)->hedged != 0);
}

static void run_set_position_mode(kucoin_call *call) {
  const char *mode = kucoin_param(call, "positionMode");
  int32_t hedged = mode != NULL && strcmp(mode, "1") == 0;
  if (mode == NULL || (!hedged && strcmp(mode, "0") != 0)) {
    (void)kucoin_fail(call, "100001", "The positionMode is invalid.");
    return;
  }
  int32_t code = bourse__paper_set_hedged(sim_engine(call->s), call->account->account, hedged);
  if (code != BOURSE_OK && code != BOURSE_ERROR_NO_CHANGE) {
    (void)kucoin_fail(call, "330013", "exist.order.or.position");
    return;
  }
  sim_settle(call->s);
  run_position_mode(call);
}

static void run_leverage(kucoin_call *call) {
  int32_t market = kucoin_futures_market(call, kucoin_param(call, "symbol"));
  if (market < 0) return;
  const paper_holding *holding = &kucoin_paper_account(call->s, call->account->account)->holdings[market];
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "symbol", kucoin_rows[market].id);
  cJSON_AddStringToObject(call->data, "leverage", sim_units_text(holding->leverage, 0, 0));
}

void kucoin_run_set_leverage(kucoin_call *call) {
  int32_t market = kucoin_futures_market(call, kucoin_param(call, "symbol"));
  int64_t leverage = kucoin_whole(call, "leverage", 0);
  if (market < 0) return;
  int32_t code = leverage < 1 || leverage > kucoin_market(call->s, (uint32_t)market)->leverage_max
                     ? BOURSE_ERROR_ARGUMENT
                     : bourse__paper_set_leverage(sim_engine(call->s), call->account->account, (uint32_t)market,
                                                  (int32_t)leverage);
  if (code != BOURSE_OK && code != BOURSE_ERROR_NO_CHANGE) {
    (void)kucoin_fail(call, code == BOURSE_ERROR_INSUFFICIENT_FUNDS ? "300003" : "100001", "The leverage is invalid.");
    return;
  }
  sim_settle(call->s);
  kucoin_tell_setting(call->s, call->account->account, (uint32_t)market, (int32_t)leverage);
  call->data = cJSON_CreateTrue();
}

static void run_max_size(kucoin_call *call) {
  sim *s = call->s;
  int32_t index = kucoin_futures_market(call, kucoin_param(call, "symbol"));
  int64_t leverage = kucoin_whole(call, "leverage", 1);
  bourse_decimal price;
  int64_t units = 0;
  if (index < 0) return;
  uint32_t market = (uint32_t)index;
  const paper_market *m = kucoin_market(s, market);
  paper_money available = bourse__paper_available(sim_engine(s), call->account->account, 1, m->settle);
  if (!sim_decimal(&price, kucoin_param(call, "price")) || !bourse__paper_units(&units, &price, m->price_scale) ||
      units <= 0 || leverage < 1) {
    (void)kucoin_fail(call, "100001", "The price and the leverage are required.");
    return;
  }
  int64_t most = (int64_t)(available * leverage / (units * m->unit_cost));
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "symbol", kucoin_rows[market].id);
  kucoin_add_raw(call->data, "maxBuyOpenSize", kucoin_amount(s, market, most));
  kucoin_add_raw(call->data, "maxSellOpenSize", kucoin_amount(s, market, most));
}

/* Margin of one position can be neither added nor taken: the engine's is what the leverage says. */
static void run_no_margin(kucoin_call *call) {
  (void)kucoin_fail(call, "300016", "The position's margin can not be changed.");
}

static void run_statistics(kucoin_call *call) {
  const sim_records *records = &kucoin_of(call->s)->records;
  int32_t market = kucoin_futures_market(call, kucoin_param(call, "symbol"));
  int64_t sizes[2] = {0, 0};
  if (market < 0) return;
  for (uint32_t i = 0; i < records->count; i++) {
    const sim_record *record = records->items[i];
    const paper_order *order = record->account == call->account->account && record->market == (uint32_t)market
                                   ? sim_record_order(call->s, record)
                                   : NULL;
    if (order != NULL && bourse__paper_is_open(order) && (order->trigger_kind == PAPER_TRIGGER_NONE || order->fired))
      sizes[order->side == BOURSE_SIDE_SELL] += order->amount - order->filled;
  }
  cJSON *json = call->data = cJSON_CreateObject();
  kucoin_add_raw(json, "openOrderBuySize", kucoin_amount(call->s, (uint32_t)market, sizes[0]));
  kucoin_add_raw(json, "openOrderSellSize", kucoin_amount(call->s, (uint32_t)market, sizes[1]));
  cJSON_AddStringToObject(json, "settleCurrency", kucoin_rows[market].settle);
}

const kucoin_row kucoin_futures_account_rows[] = {
    {"GET", "/api/v1/account-overview", KUCOIN_VIEW, POOL_FUTURES, 5, run_overview},
    {"GET", "/api/v1/transaction-history", KUCOIN_VIEW, POOL_FUTURES, 2, run_book},
    {"GET", "/api/v1/fills", KUCOIN_VIEW, POOL_FUTURES, 5, run_fills},
    {"GET", "/api/v1/recentFills", KUCOIN_VIEW, POOL_FUTURES, 3, run_recent_fills},
    {"GET", "/api/v1/positions", KUCOIN_VIEW, POOL_FUTURES, 2, run_positions},
    {"GET", "/api/v1/position", KUCOIN_VIEW, POOL_FUTURES, 2, run_position},
    {"GET", "/api/v2/position", KUCOIN_VIEW, POOL_FUTURES, 2, run_position},
    {"GET", "/api/v1/history-positions", KUCOIN_VIEW, POOL_FUTURES, 2, run_history},
    {"GET", "/api/v1/funding-history", KUCOIN_VIEW, POOL_FUTURES, 5, run_funding},
    {"GET", "/api/v2/position/getMarginMode", KUCOIN_VIEW, POOL_FUTURES, 2, run_mode},
    {"POST", "/api/v2/position/changeMarginMode", KUCOIN_TRADE, POOL_FUTURES, 2, run_set_mode},
    {"POST", "/api/v2/position/batchChangeMarginMode", KUCOIN_TRADE, POOL_FUTURES, 2, run_set_modes},
    {"GET", "/api/v2/position/getPositionMode", KUCOIN_VIEW, POOL_FUTURES, 2, run_position_mode},
    {"POST", "/api/v2/position/switchPositionMode", KUCOIN_TRADE, POOL_FUTURES, 2, run_set_position_mode},
    {"GET", "/api/v2/getCrossUserLeverage", KUCOIN_VIEW, POOL_FUTURES, 2, run_leverage},
    {"POST", "/api/v2/changeCrossUserLeverage", KUCOIN_TRADE, POOL_FUTURES, 2, kucoin_run_set_leverage},
    {"GET", "/api/v2/getMaxOpenSize", KUCOIN_VIEW, POOL_FUTURES, 2, run_max_size},
    {"POST", "/api/v1/position/margin/deposit-margin", KUCOIN_TRADE, POOL_FUTURES, 4, run_no_margin},
    {"POST", "/api/v1/margin/withdrawMargin", KUCOIN_TRADE, POOL_FUTURES, 10, run_no_margin},
    {"GET", "/api/v1/openOrderStatistics", KUCOIN_VIEW, POOL_FUTURES, 10, run_statistics},
    {NULL, NULL, 0, 0, 0, NULL},
};
