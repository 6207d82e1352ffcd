/* sim/okx_asset.c - the funding account: balances, transfers, deposits, withdrawals. Follows "Funding Account" of the exchange's V5
 * documents. Money comes with the account and by transfers only; what is withdrawn is gone at once. */
#include "okx.h"

static void add(cJSON *json, const char *name, const char *text) { cJSON_AddStringToObject(json, name, text); }

static void run_balances(okx_call *call) {
  sim *s = call->s;
  const char *list = okx_param(call, "ccy");
  for (uint32_t i = 0; i < bourse__paper_currency_count(sim_engine(s)); i++) {
    const char *code = bourse__paper_currency_code(sim_engine(s), i);
    const paper_balance *balance = bourse__paper_balance(sim_engine(s), call->account->account, OKX_FUNDING, i);
    if (list != NULL ? !sim_is_listed(list, code) : balance->total == 0) continue;
    cJSON *row = cJSON_CreateObject();
    add(row, "ccy", code);
    add(row, "bal", sim_money_text(balance->total, -1));
    add(row, "availBal", sim_money_text(balance->total - balance->locked, -1));
    add(row, "frozenBal", sim_money_text(balance->locked, -1));
    okx_add(call, row);
  }
}

/* Coin, chain, fee, least withdrawal. */
static const char *const chains[][4] = {
    {"BTC", "BTC-Bitcoin", "0.0002", "0.001"}, {"ETH", "ETH-ERC20", "0.001", "0.01"},
    {"SOL", "SOL-Solana", "0.008", "0.1"},     {"XRP", "XRP-Ripple", "0.2", "1"},
    {"DOGE", "DOGE-Dogecoin", "4", "10"},      {"USDT", "USDT-ERC20", "3", "2"},
    {"USDT", "USDT-TRC20", "1", "2"}};
#define CHAINS (sizeof chains / sizeof chains[0])

static void run_currencies(okx_call *call) {
  static const char *const empty[] = {"logoLink",    "ctAddr",      "depQuoteDailyLayer2", "wdQuota",
                                      "usedWdQuota", "minInternal", "depQuotaFixed",       "usedDepQuotaFixed"};
  const char *list = okx_param(call, "ccy");
  for (size_t i = 0; i < CHAINS; i++) {
    if (list != NULL && !sim_is_listed(list, chains[i][0])) continue;
    cJSON *row = cJSON_CreateObject();
    add(row, "ccy", chains[i][0]);
    add(row, "name", chains[i][0]);
    add(row, "chain", chains[i][1]);
    cJSON_AddBoolToObject(row, "canDep", 1);
    cJSON_AddBoolToObject(row, "canWd", 1);
    cJSON_AddBoolToObject(row, "canInternal", 1);
    cJSON_AddBoolToObject(row, "mainNet", i != CHAINS - 1);
    cJSON_AddBoolToObject(row, "needTag", strcmp(chains[i][0], "XRP") == 0);
    add(row, "minDep", "0.0001");
    add(row, "minWd", chains[i][3]);
    add(row, "maxWd", "10000");
    add(row, "wdTickSz", "8");
    add(row, "fee", chains[i][2]);
    add(row, "minFee", chains[i][2]);
    add(row, "maxFee", chains[i][2]);
    add(row, "burningFeeRate", "");
    add(row, "minDepArrivalConfirm", "2");
    add(row, "minWdUnlockConfirm", "3");
    for (size_t k = 0; k < sizeof empty / sizeof empty[0]; k++) add(row, empty[k], "");
    okx_add(call, row);
  }
}

static int32_t wallet_of(okx_call *call, const char *name) {
  const char *text = okx_need(call, name);
  if (text == NULL) return -1;
  if (strcmp(text, "18") == 0) return OKX_TRADING;
  if (strcmp(text, "6") == 0) return OKX_FUNDING;
  return okx_fail(call, 51000, "Parameter %s error", name) - 1;
}

static int32_t read_money(okx_call *call, bourse_decimal *amount, int64_t *currency) {
  const char *code = okx_need(call, "ccy");
  if (code == NULL || okx_need(call, "amt") == NULL || !okx_decimal(call, amount, "amt")) return 0;
  *currency = bourse__paper_currency_index(sim_engine(call->s), code);
  if (*currency < 0) return okx_fail(call, 58201, "Currency does not exist");
  return bourse_decimal_sign(amount) > 0 ? 1 : okx_fail(call, 51000, "Parameter amt error");
}

static void run_transfer(okx_call *call) {
  sim *s = call->s;
  bourse_decimal amount;
  int64_t currency;
  paper_money money;
  const char *key = okx_param(call, "clientId");
  int32_t from = wallet_of(call, "from"), to = from < 0 ? -1 : wallet_of(call, "to");
  if (to < 0 || !read_money(call, &amount, &currency)) return;
  if (from == to || !bourse__paper_to_money(&money, &amount)) {
    (void)okx_fail(call, 58116, "Transfer to the same account is not allowed");
    return;
  }
  const sim_move *old = sim_move_by_key(&okx_of(s)->moves, call->account->account, 't', key);
  if (old != NULL) {
    (void)okx_fail(call, 58129, "Duplicated clientId");
    return;
  }
  int32_t code = bourse__paper_move(sim_engine(s), call->account->account, (uint32_t)from, (uint32_t)to,
                                    (uint32_t)currency, money);
  sim_settle(s);
  if (code != BOURSE_OK) {
    (void)okx_fail(call, 58350, "Insufficient balance");
    return;
  }
  sim_move *move = sim_move_new(s, &okx_of(s)->moves, call->account->account, 't', okx_param(call, "ccy"));
  move->amount = amount;
  (void)snprintf(move->key, sizeof move->key, "%s", key == NULL ? "" : key);
  (void)snprintf(move->from, sizeof move->from, "%s", okx_param(call, "from"));
  (void)snprintf(move->to, sizeof move->to, "%s", okx_param(call, "to"));
  cJSON *row = cJSON_CreateObject();
  add(row, "transId", okx_id(move->id));
  add(row, "ccy", move->currency);
  add(row, "clientId", move->key);
  add(row, "from", move->from);
  add(row, "amt", sim_decimal_text(&amount));
  add(row, "to", move->to);
  okx_add(call, row);
}

static void run_transfer_state(okx_call *call) {
  const sim_moves *moves = &okx_of(call->s)->moves;
  const char *id = okx_param(call, "transId"), *key = okx_param(call, "clientId");
  for (uint32_t i = 0; i < moves->count; i++) {
    const sim_move *move = &moves->items[i];
    if (move->account != call->account->account || move->kind != 't' ||
        (id != NULL ? okx_id_number(id) != move->id : key == NULL || strcmp(key, move->key) != 0))
      continue;
    cJSON *row = cJSON_CreateObject();
    add(row, "transId", okx_id(move->id));
    add(row, "clientId", move->key);
    add(row, "ccy", move->currency);
    add(row, "amt", sim_decimal_text(&move->amount));
    add(row, "type", "0");
    add(row, "from", move->from);
    add(row, "to", move->to);
    add(row, "subAcct", "");
    add(row, "instId", "");
    add(row, "toInstId", "");
    add(row, "state", "success");
    okx_add(call, row);
    return;
  }
  (void)okx_fail(call, 58129, "The transfer does not exist");
}

static void run_address(okx_call *call) {
  const char *code = okx_need(call, "ccy");
  for (size_t i = 0; code != NULL && i < CHAINS; i++) {
    char address[64];
    if (strcmp(chains[i][0], code) != 0) continue;
    cJSON *row = cJSON_CreateObject();
    (void)snprintf(address, sizeof address, "sim-%s-%u", chains[i][1], call->account->account);
    add(row, "ccy", code);
    add(row, "chain", chains[i][1]);
    add(row, "addr", address);
    add(row, "tag", strcmp(code, "XRP") == 0 ? "4711" : "");
    add(row, "memo", "");
    add(row, "pmtId", "");
    add(row, "ctAddr", "");
    add(row, "to", "6");
    cJSON_AddBoolToObject(row, "selected", 1);
    okx_add(call, row);
  }
}

static void run_deposits(okx_call *call) { (void)call; }

static void run_withdraw(okx_call *call) {
  sim *s = call->s;
  bourse_decimal amount, taken;
  int64_t currency;
  const char *address = okx_need(call, "toAddr"), *chain = okx_param(call, "chain"), *key = okx_param(call, "clientId");
  if (address == NULL || okx_need(call, "dest") == NULL || !read_money(call, &amount, &currency)) return;
  if (sim_move_by_key(&okx_of(s)->moves, call->account->account, 'w', key) != NULL) {
    (void)okx_fail(call, 58229, "Duplicated clientId");
    return;
  }
  taken = amount;
  taken.flags |= BOURSE_DECIMAL_NEGATIVE;
  if (sim_deposit(s, call->account->account, OKX_FUNDING, okx_param(call, "ccy"), &taken, "withdrawal") != BOURSE_OK) {
    (void)okx_fail(call, 58350, "Insufficient balance");
    return;
  }
  sim_move *move = sim_move_new(s, &okx_of(s)->moves, call->account->account, 'w', okx_param(call, "ccy"));
  move->amount = amount;
  (void)snprintf(move->key, sizeof move->key, "%s", key == NULL ? "" : key);
  (void)snprintf(move->address, sizeof move->address, "%s", address);
  (void)snprintf(move->chain, sizeof move->chain, "%s", chain == NULL ? "" : chain);
  cJSON *row = cJSON_CreateObject();
  add(row, "amt", sim_decimal_text(&amount));
  add(row, "wdId", okx_id(move->id));
  add(row, "ccy", move->currency);
  add(row, "clientId", move->key);
  add(row, "chain", move->chain);
  okx_add(call, row);
}

static void run_withdrawals(okx_call *call) {
  const sim_moves *moves = &okx_of(call->s)->moves;
  const char *code = okx_param(call, "ccy"), *id = okx_param(call, "wdId"), *key = okx_param(call, "clientId");
  okx_page page;
  if (!okx_read_page(call, &page, 100)) return;
  for (uint32_t i = moves->count; i-- > 0 && page.limit > 0;) {
    const sim_move *move = &moves->items[i];
    int64_t ms = (move->time_ns + sim_skew_ns(call->s)) / OKX_MS;
    if (move->account != call->account->account || move->kind != 'w' || !okx_within(&page, (uint64_t)ms, ms) ||
        (code != NULL && strcmp(code, move->currency) != 0) || (id != NULL && okx_id_number(id) != move->id) ||
        (key != NULL && strcmp(key, move->key) != 0))
      continue;
    cJSON *row = cJSON_CreateObject();
    add(row, "wdId", okx_id(move->id));
    add(row, "clientId", move->key);
    add(row, "ccy", move->currency);
    add(row, "chain", move->chain);
    add(row, "amt", sim_decimal_text(&move->amount));
    add(row, "fee", "0");
    add(row, "feeCcy", move->currency);
    add(row, "from", "");
    add(row, "to", move->address);
    add(row, "tag", "");
    add(row, "txId", "");
    add(row, "state", "2");
    add(row, "ts", okx_ms(call->s, move->time_ns));
    okx_add(call, row);
    page.limit--;
  }
}

static void run_cancel(okx_call *call) {
  if (okx_need(call, "wdId") != NULL) (void)okx_fail(call, 58123, "Withdrawal cannot be canceled");
}

#define CALL(method_, path_, security_, limit_, run_) \
  { method_, "/api/v5/asset/" path_, NULL, OKX_##security_, OKX_BY_USER, limit_, 1, 0, 0, run_ }

const okx_row okx_asset_rows[] = {
    CALL("GET", "balances", READ, 6, run_balances),
    CALL("GET", "currencies", READ, 6, run_currencies),
    CALL("POST", "transfer", TRADE, 2, run_transfer),
    CALL("GET", "transfer-state", READ, 10, run_transfer_state),
    CALL("GET", "deposit-address", READ, 6, run_address),
    CALL("GET", "deposit-history", READ, 6, run_deposits),
    CALL("POST", "withdrawal", WITHDRAW, 6, run_withdraw),
    CALL("GET", "withdrawal-history", READ, 6, run_withdrawals),
    CALL("POST", "cancel-withdrawal", WITHDRAW, 6, run_cancel),
    {0},
};
