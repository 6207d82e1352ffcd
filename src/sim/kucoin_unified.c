/* sim/kucoin_unified.c - the unified account: one wallet for spot and cross margin futures. Its balances, positions, leverage,
 * fees, book and dead man's switch: "Account" and "Positions" of the documents' Pro REST. Numbers are strings, times
 * nanoseconds. */
#include "kucoin.h"

/* --- Money --- */

static paper_money unrealized(sim *s, uint32_t account, uint32_t currency) {
  paper_money sum = 0;
  for (uint32_t m = KUCOIN_SPOT_MARKETS; m < PAPER_MARKETS; m++)
    for (int32_t slot = 0; slot < 2; slot++)
      if (kucoin_market(s, m)->settle == currency)
        sum += bourse__paper_unrealized(kucoin_market(s, m), &kucoin_paper_account(s, account)->holdings[m].slots[slot],
                                        slot);
  return sum;
}

cJSON *kucoin_unified_balance_json(sim *s, uint32_t account, uint32_t currency) {
  const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, 0, currency);
  paper_money equity = balance->total + unrealized(s, account, currency),
              available = bourse__paper_available(sim_engine(s), account, 0, currency);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "currency", bourse__paper_currency_code(sim_engine(s), currency));
  cJSON_AddStringToObject(json, "equity", sim_money_text(equity, -1));
  cJSON_AddStringToObject(json, "hold", sim_money_text(balance->locked + balance->margin, -1));
  cJSON_AddStringToObject(json, "balance", sim_money_text(balance->total, -1));
  cJSON_AddStringToObject(json, "available", sim_money_text(available, -1));
  cJSON_AddStringToObject(json, "liability", "0");
  return json;
}

static void run_balance(kucoin_call *call) {
  sim *s = call->s;
  cJSON *json = call->data = cJSON_CreateObject(), *one = cJSON_CreateObject(), *rows;
  cJSON_AddStringToObject(json, "accountType", "UNIFIED");
  kucoin_add_ms(s, json, "ts", sim_now_ns(s));
  cJSON_AddItemToArray(cJSON_AddArrayToObject(json, "accounts"), one);
  cJSON_AddStringToObject(one, "accountSubtype", "");
  rows = cJSON_AddArrayToObject(one, "currencies");
  for (uint32_t c = 0; c < bourse__paper_currency_count(sim_engine(s)); c++)
    cJSON_AddItemToArray(rows, kucoin_unified_balance_json(s, call->account->account, c));
}

/* --- The book --- */

#define ENTRY_ID INT64_C(10000000000000000)

static cJSON *entry_json(sim *s, const paper_ledger *entry) {
  cJSON *json = cJSON_CreateObject();
  paper_money amount = entry->amount < 0 ? -entry->amount : entry->amount;
  int32_t gain = strcmp(entry->kind, "pnl") == 0 || strcmp(entry->kind, "insurance") == 0;
  cJSON_AddStringToObject(json, "accountType", "UNIFIED");
  cJSON_AddStringToObject(json, "id", sim_units_text(ENTRY_ID + (int64_t)entry->id, 0, 0));
  cJSON_AddStringToObject(json, "currency", bourse__paper_currency_code(sim_engine(s), entry->currency));
  cJSON_AddStringToObject(json, "direction", entry->amount < 0 ? "OUT" : "IN");
  cJSON_AddStringToObject(json, "businessType", gain ? "REALISED_PNL" : kucoin_business(entry));
  cJSON_AddStringToObject(json, "amount", sim_money_text(amount, -1));
  cJSON_AddStringToObject(json, "balance", sim_money_text(entry->balance, -1));
  cJSON_AddStringToObject(json, "fee", "0");
  cJSON_AddStringToObject(json, "tax", "0");
  cJSON_AddStringToObject(json, "remark", entry->market < PAPER_MARKETS ? kucoin_rows[entry->market].id : "");
  kucoin_add_ns(s, json, "ts", entry->time_ns);
  return json;
}

static void run_book(kucoin_call *call) {
  const paper_ring *ledger = &kucoin_paper_account(call->s, call->account->account)->ledger;
  const char *type = kucoin_param(call, "accountType"), *currency = kucoin_param(call, "currency"),
             *way = kucoin_param(call, "direction");
  int64_t from_ns, to_ns, before = kucoin_whole(call, "lastId", INT64_MAX), last = 0;
  int64_t limit = kucoin_unified_page(call);
  if (type == NULL || strcmp(type, "UNIFIED") != 0) {
    (void)kucoin_fail(call, "400100", "accountType not in the given range");
    return;
  }
  cJSON *list = cJSON_CreateArray();
  kucoin_span(call, &from_ns, &to_ns);
  for (uint32_t i = ledger->count; i-- > 0 && cJSON_GetArraySize(list) < limit;) {
    const paper_ledger *entry = bourse__paper_ring_at(ledger, i);
    const char *code = bourse__paper_currency_code(sim_engine(call->s), entry->currency);
    if (ENTRY_ID + (int64_t)entry->id >= before || entry->time_ns < from_ns || entry->time_ns >= to_ns ||
        (currency != NULL && !sim_is_listed(currency, code)) ||
        (way != NULL && (strcmp(way, "IN") == 0) != (entry->amount > 0)))
      continue;
    cJSON_AddItemToArray(list, entry_json(call->s, entry));
    last = ENTRY_ID + (int64_t)entry->id;
  }
  call->data = cJSON_CreateObject();
  sim_json_add_integer(call->data, "lastId", last);
  cJSON_AddItemToObject(call->data, "items", list);
}

/* --- Positions --- */

cJSON *kucoin_unified_position_json(sim *s, uint32_t account, uint32_t market) {
  const paper_market *m = kucoin_market(s, market);
  const paper_holding *holding = &kucoin_paper_account(s, account)->holdings[market];
  int32_t slot = holding->slots[PAPER_SHORT].size != 0 ? PAPER_SHORT : PAPER_LONG, is_short = slot == PAPER_SHORT;
  const paper_position *position = &holding->slots[slot];
  bourse_decimal entry = bourse__paper_average(m, position->entry_cost, position->size, 4);
  paper_money profit = bourse__paper_unrealized(m, position, slot),
              value = is_short ? profit - position->entry_cost : position->entry_cost + profit;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  cJSON_AddStringToObject(json, "id",
                          sim_units_text(INT64_C(500000000000000000) + (int64_t)account * 100 + market, 0, 0));
  cJSON_AddStringToObject(json, "marginMode", "CROSS");
  cJSON_AddStringToObject(json, "size", kucoin_amount(s, market, is_short ? -position->size : position->size));
  cJSON_AddStringToObject(json, "entryPrice", sim_decimal_text(&entry));
  cJSON_AddStringToObject(json, "positionValue", sim_money_text(value, -1));
  cJSON_AddStringToObject(json, "markPrice", kucoin_price(s, market, m->mark != 0 ? m->mark : m->last));
  cJSON_AddStringToObject(json, "leverage", sim_units_text(holding->leverage, 0, 0));
  cJSON_AddStringToObject(json, "unrealizedPnL", sim_money_text(profit, -1));
  cJSON_AddStringToObject(json, "realizedPnL", sim_money_text(position->realized, -1));
  cJSON_AddStringToObject(json, "initialMargin", sim_money_text(position->margin, -1));
  cJSON_AddStringToObject(json, "mmr", "0.005");
  cJSON_AddStringToObject(json, "maintenanceMargin", sim_money_text(bourse__paper_maintenance(m, position), -1));
  kucoin_add_ns(s, json, "creationTime", position->opened_ns);
  return json;
}

static void run_positions(kucoin_call *call) {
  const char *symbol = kucoin_param(call, "symbol");
  int32_t only = symbol == NULL ? -1 : kucoin_futures_market(call, symbol);
  if (symbol != NULL && only < 0) return;
  call->data = cJSON_CreateArray();
  for (int32_t m = KUCOIN_SPOT_MARKETS; m < PAPER_MARKETS; m++) {
    const paper_holding *holding = &kucoin_paper_account(call->s, call->account->account)->holdings[m];
    if ((only < 0 || m == only) && holding->slots[PAPER_LONG].size + holding->slots[PAPER_SHORT].size != 0)
      cJSON_AddItemToArray(call->data, kucoin_unified_position_json(call->s, call->account->account, (uint32_t)m));
  }
}

static void run_leverage(kucoin_call *call) {
  kucoin_run_set_leverage(call);
  cJSON_Delete(call->data);
  call->data = NULL;
}

/* --- Fees --- */

static void run_fees(kucoin_call *call) {
  int32_t type = kucoin_trade_type(call, kucoin_param(call, "tradeType"));
  const char *symbols = kucoin_param(call, "symbol");
  cJSON *list;
  if (type < 0) return;
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "tradeType", kucoin_param(call, "tradeType"));
  list = cJSON_AddArrayToObject(call->data, "list");
  for (const char *at = symbols == NULL ? "" : symbols; at == symbols || *at != '\0';) {
    char one[32];
    size_t end = strcspn(at, ",");
    (void)snprintf(one, sizeof one, "%.*s", (int)(end < 31 ? end : 31), at);
    at += end + (at[end] == ',');
    int32_t market = kucoin_market_by_type(call, type, one);
    if (market < 0) return;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "symbol", kucoin_rows[market].id);
    sim_json_add_decimal(row, "takerFeeRate", &kucoin_rows[market].taker);
    sim_json_add_decimal(row, "makerFeeRate", &kucoin_rows[market].maker);
    cJSON_AddItemToArray(list, row);
  }
}

/* --- The dead man's switch --- Of spot; its symbols are a list. */

static void timer_json(kucoin_call *call, const char *symbols, int64_t due) {
  cJSON *list;
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "tradeType", "SPOT");
  list = cJSON_AddArrayToObject(call->data, "symbol");
  for (int32_t m = 0; m < KUCOIN_SPOT_MARKETS; m++)
    if (sim_is_listed(symbols, kucoin_rows[m].id)) cJSON_AddItemToArray(list, cJSON_CreateString(kucoin_rows[m].id));
  sim_json_add_integer(call->data, "systemTime", sim_clock_ns(call->s) / KUCOIN_SECOND);
  sim_json_add_integer(call->data, "triggerTime", due);
}

static int32_t is_spot(kucoin_call *call) {
  const char *type = kucoin_param(call, "tradeType");
  return (type != NULL && strcmp(type, "SPOT") == 0) || kucoin_fail(call, "400100", "tradeType not in the given range");
}

static void run_set_timer(kucoin_call *call) {
  const cJSON *symbol, *list = cJSON_GetObjectItemCaseSensitive(call->body, "symbols");
  char symbols[200] = "";
  size_t length = 0;
  if (!is_spot(call)) return;
  cJSON_ArrayForEach(symbol, list) {
    int32_t market = kucoin_spot_market(call, sim_json_item_text(symbol));
    if (market < 0) return;
    length += (size_t)snprintf(symbols + length, sizeof symbols - length, "%s%s", length > 0 ? "," : "",
                               kucoin_rows[market].id);
    if (length >= sizeof symbols) length = sizeof symbols - 1;
  }
  if (!kucoin_set_timer(call, symbols)) return;
  timer_json(call, symbols, sim_clock_ns(call->s) / KUCOIN_SECOND + kucoin_whole(call, "timeout", 0));
}

static void run_timer(kucoin_call *call) {
  const kucoin_state *state = kucoin_of(call->s);
  uint32_t account = call->account->account % KUCOIN_ACCOUNTS;
  if (is_spot(call) && state->timers[account] != 0)
    timer_json(call, state->timer_symbols[account], (state->timers[account] + sim_skew_ns(call->s)) / KUCOIN_SECOND);
}

#define UA "/api/ua/v1"

const kucoin_row kucoin_unified_rows[] = {
    {"GET", UA "/unified/account/balance", KUCOIN_VIEW, POOL_MANAGEMENT, 5, run_balance},
    {"GET", UA "/account/ledger", KUCOIN_VIEW, POOL_MANAGEMENT, 2, run_book},
    {"GET", UA "/unified/position/open-list", KUCOIN_VIEW, POOL_MANAGEMENT, 3, run_positions},
    {"POST", UA "/unified/account/modify-leverage", KUCOIN_TRADE, POOL_MANAGEMENT, 20, run_leverage},
    {"GET", UA "/user/fee-rate", KUCOIN_VIEW, POOL_MANAGEMENT, 3, run_fees},
    {"POST", UA "/dcp/set", KUCOIN_TRADE, POOL_UNIFIED, 2, run_set_timer},
    {"GET", UA "/dcp/query", KUCOIN_VIEW, POOL_UNIFIED, 2, run_timer},
    {NULL, NULL, 0, 0, 0, NULL},
};
