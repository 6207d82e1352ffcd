/* sim/bybit_asset.c - the funding account: its balances, transfers, deposits, withdrawals. Follows "Asset" of the exchange's
 * V5 documents. Money comes with the account and by transfers only; what is withdrawn is gone at once. */
#include "bybit.h"

static const char *const wallets[] = {"UNIFIED", "FUND"};

static int32_t wallet_of(bybit_call *call, const char *name) {
  const char *text = bybit_need(call, name);
  for (int32_t i = 0; text != NULL && i < 2; i++)
    if (strcmp(wallets[i], text) == 0) return i;
  if (text != NULL) (void)bybit_fail(call, 131002, "accountType invalid");
  return -1;
}

/* --- Balances --- */

static cJSON *balance_json(sim *s, uint32_t account, int32_t wallet, uint32_t currency) {
  const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, (uint32_t)wallet, currency);
  paper_money free_money = bourse__paper_available(sim_engine(s), account, (uint32_t)wallet, currency);
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "coin", bourse__paper_currency_code(sim_engine(s), currency));
  sim_json_add_money(row, "walletBalance", balance->total, -1);
  sim_json_add_money(row, "transferBalance", free_money < 0 ? 0 : free_money, -1);
  cJSON_AddStringToObject(row, "bonus", "");
  return row;
}

static void run_coins(bybit_call *call) {
  sim *s = call->s;
  const char *coins = bybit_param(call, "coin");
  int32_t wallet = wallet_of(call, "accountType");
  if (wallet < 0) return;
  if (wallet == BYBIT_UNIFIED && coins == NULL) {
    (void)bybit_fail(call, 131002, "coin is required for UNIFIED");
    return;
  }
  call->result = cJSON_CreateObject();
  cJSON_AddStringToObject(call->result, "memberId", "24617703");
  cJSON_AddStringToObject(call->result, "accountType", wallets[wallet]);
  cJSON *list = cJSON_AddArrayToObject(call->result, "balance");
  for (uint32_t i = 0; i < bourse__paper_currency_count(sim_engine(s)); i++) {
    const char *code = bourse__paper_currency_code(sim_engine(s), i);
    int32_t any = bourse__paper_balance(sim_engine(s), call->account->account, (uint32_t)wallet, i)->total != 0;
    if (coins != NULL ? sim_is_listed(coins, code) : any)
      cJSON_AddItemToArray(list, balance_json(s, call->account->account, wallet, i));
  }
}

static int64_t currency_of(bybit_call *call, const char *name) {
  const char *coin = bybit_need(call, name);
  int64_t index = coin == NULL ? -1 : bourse__paper_currency_index(sim_engine(call->s), coin);
  if (coin != NULL && index < 0) (void)bybit_fail(call, 131002, "coin invalid");
  return index;
}

static void run_coin(bybit_call *call) {
  int32_t wallet = wallet_of(call, "accountType");
  int64_t currency = wallet < 0 ? -1 : currency_of(call, "coin");
  if (currency < 0) return;
  call->result = cJSON_CreateObject();
  cJSON_AddStringToObject(call->result, "accountType", wallets[wallet]);
  sim_json_add_integer(call->result, "bizType", 1);
  cJSON_AddStringToObject(call->result, "accountId", "24617703");
  cJSON_AddStringToObject(call->result, "memberId", "24617703");
  cJSON_AddItemToObject(call->result, "balance",
                        balance_json(call->s, call->account->account, wallet, (uint32_t)currency));
}

/* Chain, its kind, fee, least withdrawal. */
static const char *const chains[][5] = {
    {"BTC", "BTC", "BTC", "0.0003", "0.001"}, {"ETH", "ETH", "Ethereum", "0.0012", "0.01"},
    {"SOL", "SOL", "SOL", "0.008", "0.1"},    {"XRP", "XRP", "XRP", "0.25", "2"},
    {"DOGE", "DOGE", "Dogecoin", "5", "50"},  {"USDT", "ETH", "ERC20", "5", "10"},
    {"USDT", "TRX", "TRC20", "1", "5"}};
#define CHAINS (sizeof chains / sizeof chains[0])

static const char *const coins_there[] = {"BTC", "ETH", "SOL", "XRP", "DOGE", "USDT"};

static void add_chain(cJSON *list, const char *const chain[5]) {
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "chainType", chain[2]);
  cJSON_AddStringToObject(row, "confirmation", "6");
  cJSON_AddStringToObject(row, "withdrawFee", chain[3]);
  cJSON_AddStringToObject(row, "depositMin", "0");
  cJSON_AddStringToObject(row, "withdrawMin", chain[4]);
  cJSON_AddStringToObject(row, "withdrawMax", "-1");
  cJSON_AddStringToObject(row, "chain", chain[1]);
  cJSON_AddStringToObject(row, "chainDeposit", "1");
  cJSON_AddStringToObject(row, "chainWithdraw", "1");
  cJSON_AddStringToObject(row, "minAccuracy", "8");
  cJSON_AddStringToObject(row, "withdrawPercentageFee", "0");
  cJSON_AddStringToObject(row, "contractAddress", "");
  cJSON_AddStringToObject(row, "safeConfirmNumber", "12");
  cJSON_AddItemToArray(list, row);
}

static void run_info(bybit_call *call) {
  const char *wanted = bybit_param(call, "coin");
  call->result = cJSON_CreateObject();
  cJSON *rows = cJSON_AddArrayToObject(call->result, "rows");
  for (size_t i = 0; i < sizeof coins_there / sizeof coins_there[0]; i++) {
    if (wanted != NULL && strcmp(wanted, coins_there[i]) != 0) continue;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "name", coins_there[i]);
    cJSON_AddStringToObject(row, "coin", coins_there[i]);
    cJSON_AddStringToObject(row, "remainAmount", "1000000");
    cJSON *list = cJSON_AddArrayToObject(row, "chains");
    for (size_t k = 0; k < CHAINS; k++)
      if (strcmp(chains[k][0], coins_there[i]) == 0) add_chain(list, chains[k]);
    cJSON_AddItemToArray(rows, row);
  }
}

/* --- Transfers --- */

static int32_t is_uuid(const char *text) {
  if (strlen(text) != 36) return 0;
  for (int32_t i = 0; i < 36; i++) {
    int32_t dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : strchr("0123456789abcdefABCDEF", text[i]) == NULL) return 0;
  }
  return 1;
}

static void run_transfer(bybit_call *call) {
  sim *s = call->s;
  const char *key = bybit_need(call, "transferId");
  bourse_decimal amount;
  paper_money money;
  if (key == NULL) return;
  int32_t from = wallet_of(call, "fromAccountType"), to = from < 0 ? -1 : wallet_of(call, "toAccountType");
  int64_t currency = to < 0 ? -1 : currency_of(call, "coin");
  if (currency < 0 || bybit_need(call, "amount") == NULL || !bybit_decimal(call, &amount, "amount")) return;
  if (!is_uuid(key) || from == to || !bourse__paper_to_money(&money, &amount) || money <= 0) {
    (void)bybit_fail(call, 131002, !is_uuid(key) ? "transferId must be UUID" : "Parameter error");
    return;
  }
  if (sim_move_by_key(&bybit_of(s)->moves, call->account->account, 't', key) != NULL) {
    (void)bybit_fail(call, 131214, "transferId is duplicated");
    return;
  }
  int32_t code = bourse__paper_move(sim_engine(s), call->account->account, (uint32_t)from, (uint32_t)to,
                                    (uint32_t)currency, money);
  sim_settle(s);
  if (code != BOURSE_OK) {
    (void)bybit_fail(call, 131212, "Insufficient balance");
    return;
  }
  sim_move *move = sim_move_new(s, &bybit_of(s)->moves, call->account->account, 't', bybit_param(call, "coin"));
  move->amount = amount;
  (void)snprintf(move->key, sizeof move->key, "%s", key);
  (void)snprintf(move->from, sizeof move->from, "%s", wallets[from]);
  (void)snprintf(move->to, sizeof move->to, "%s", wallets[to]);
  call->result = cJSON_CreateObject();
  cJSON_AddStringToObject(call->result, "transferId", key);
  cJSON_AddStringToObject(call->result, "status", "SUCCESS");
}

typedef void (*move_writer)(sim *s, cJSON *row, const sim_move *move);

static void list_moves(bybit_call *call, int32_t kind, const char *list_name, int64_t days, move_writer write) {
  const sim_moves *moves = &bybit_of(call->s)->moves;
  const char *coin = bybit_param(call, "coin"), *key = bybit_param(call, kind == 't' ? "transferId" : "withdrawID");
  int64_t limit, start, end;
  uint64_t below, last = 0;
  if (!bybit_page(call, &limit, 20, 50, &below) || !bybit_window(call, &start, &end, days)) return;
  call->result = cJSON_CreateObject();
  cJSON *list = cJSON_AddArrayToObject(call->result, list_name);
  for (uint32_t i = moves->count; i-- > 0 && cJSON_GetArraySize(list) < limit;) {
    const sim_move *move = &moves->items[i];
    int64_t time = (move->time_ns + sim_skew_ns(call->s)) / BYBIT_MS;
    if (move->account != call->account->account || move->kind != kind || move->id >= below || time < start ||
        time > end || (coin != NULL && strcmp(coin, move->currency) != 0) ||
        (key != NULL && strcmp(key, kind == 't' ? move->key : sim_units_text((int64_t)move->id, 0, 0)) != 0))
      continue;
    cJSON *row = cJSON_CreateObject();
    write(call->s, row, move);
    cJSON_AddItemToArray(list, row);
    last = move->id;
  }
  bybit_cursor(call, cJSON_GetArraySize(list) == limit ? last : 0);
}

static void write_transfer(sim *s, cJSON *row, const sim_move *move) {
  cJSON_AddStringToObject(row, "transferId", move->key);
  cJSON_AddStringToObject(row, "coin", move->currency);
  sim_json_add_decimal(row, "amount", &move->amount);
  cJSON_AddStringToObject(row, "fromAccountType", move->from);
  cJSON_AddStringToObject(row, "toAccountType", move->to);
  bybit_add_ms(row, "timestamp", s, move->time_ns);
  cJSON_AddStringToObject(row, "status", "SUCCESS");
}

static void run_transfers(bybit_call *call) { list_moves(call, 't', "list", 7, write_transfer); }

/* --- Deposits and withdrawals --- */

static void run_address(bybit_call *call) {
  const char *coin = bybit_need(call, "coin"), *chain = bybit_param(call, "chainType");
  if (coin == NULL || currency_of(call, "coin") < 0) return;
  call->result = cJSON_CreateObject();
  cJSON_AddStringToObject(call->result, "coin", coin);
  cJSON *list = cJSON_AddArrayToObject(call->result, "chains");
  for (size_t i = 0; i < CHAINS; i++) {
    if (strcmp(chains[i][0], coin) != 0 || (chain != NULL && strcmp(chain, chains[i][1]) != 0)) continue;
    char address[64];
    cJSON *row = cJSON_CreateObject();
    (void)snprintf(address, sizeof address, "sim-%s-%s-%u", coin, chains[i][1], call->account->account);
    cJSON_AddStringToObject(row, "chainType", chains[i][2]);
    cJSON_AddStringToObject(row, "addressDeposit", address);
    cJSON_AddStringToObject(row, "tagDeposit", strcmp(coin, "XRP") == 0 ? "4711" : "");
    cJSON_AddStringToObject(row, "chain", chains[i][1]);
    cJSON_AddStringToObject(row, "batchReleaseLimit", "-1");
    cJSON_AddStringToObject(row, "contractAddress", "");
    cJSON_AddItemToArray(list, row);
  }
}

static void run_deposits(bybit_call *call) {
  call->result = cJSON_CreateObject();
  cJSON_AddArrayToObject(call->result, "rows");
  bybit_cursor(call, 0);
}

static void write_withdrawal(sim *s, cJSON *row, const sim_move *move) {
  cJSON_AddStringToObject(row, "withdrawId", sim_units_text((int64_t)move->id, 0, 0));
  cJSON_AddStringToObject(row, "txID", "");
  sim_json_add_integer(row, "withdrawType", 0);
  cJSON_AddStringToObject(row, "coin", move->currency);
  cJSON_AddStringToObject(row, "chain", move->chain);
  sim_json_add_decimal(row, "amount", &move->amount);
  cJSON_AddStringToObject(row, "withdrawFee", "0");
  cJSON_AddStringToObject(row, "status", "success");
  cJSON_AddStringToObject(row, "toAddress", move->address);
  cJSON_AddStringToObject(row, "tag", move->tag);
  bybit_add_ms(row, "createTime", s, move->time_ns);
  bybit_add_ms(row, "updateTime", s, move->time_ns);
}

static void run_withdrawals(bybit_call *call) { list_moves(call, 'w', "rows", 30, write_withdrawal); }

static void run_withdraw(bybit_call *call) {
  sim *s = call->s;
  const char *address = bybit_need(call, "address"), *chain = bybit_param(call, "chain"),
             *type = bybit_need(call, "accountType"), *key = bybit_param(call, "requestId"),
             *tag = bybit_param(call, "tag");
  bourse_decimal amount, taken;
  if (address == NULL || type == NULL || bybit_need(call, "timestamp") == NULL || bybit_need(call, "amount") == NULL ||
      currency_of(call, "coin") < 0 || !bybit_decimal(call, &amount, "amount"))
    return;
  if (strcmp(type, "FUND") != 0 && strcmp(type, "UTA") != 0) {
    (void)bybit_fail(call, 131002, "accountType invalid");
    return;
  }
  const sim_move *old = sim_move_by_key(&bybit_of(s)->moves, call->account->account, 'w', key);
  call->result = cJSON_CreateObject();
  if (old != NULL) { /* the same request again */
    cJSON_AddStringToObject(call->result, "id", sim_units_text((int64_t)old->id, 0, 0));
    return;
  }
  taken = amount;
  taken.flags |= BOURSE_DECIMAL_NEGATIVE;
  if (bourse_decimal_sign(&amount) <= 0 ||
      sim_deposit(s, call->account->account, strcmp(type, "FUND") == 0 ? BYBIT_FUND : BYBIT_UNIFIED,
                  bybit_param(call, "coin"), &taken, "withdrawal") != BOURSE_OK) {
    (void)bybit_fail(call, 131085, "Withdrawal amount is greater than your available balance");
    return;
  }
  sim_move *move = sim_move_new(s, &bybit_of(s)->moves, call->account->account, 'w', bybit_param(call, "coin"));
  move->amount = amount;
  (void)snprintf(move->key, sizeof move->key, "%s", key == NULL ? "" : key);
  (void)snprintf(move->address, sizeof move->address, "%s", address);
  (void)snprintf(move->tag, sizeof move->tag, "%s", tag == NULL ? "" : tag);
  (void)snprintf(move->chain, sizeof move->chain, "%s", chain == NULL ? "" : chain);
  cJSON_AddStringToObject(call->result, "id", sim_units_text((int64_t)move->id, 0, 0));
}

static void run_cancel(bybit_call *call) {
  if (bybit_need(call, "id") != NULL) (void)bybit_fail(call, 131002, "withdrawal cannot be canceled");
}

#define CALL(method_, path_, security_, limit_, minute_, run_) \
  { method_, "/v5/asset/" path_, NULL, BYBIT_##security_, limit_, 0, minute_, run_ }

const bybit_row bybit_asset_rows[] = {
    CALL("GET", "transfer/query-account-coins-balance", READ, 5, 0, run_coins),
    CALL("GET", "transfer/query-account-coin-balance", READ, 5, 0, run_coin),
    CALL("GET", "coin/query-info", READ, 5, 0, run_info),
    CALL("POST", "transfer/inter-transfer", TRADE, 60, 1, run_transfer),
    CALL("GET", "transfer/query-inter-transfer-list", READ, 60, 1, run_transfers),
    CALL("GET", "deposit/query-address", READ, 300, 1, run_address),
    CALL("GET", "deposit/query-record", READ, 100, 1, run_deposits),
    CALL("GET", "withdraw/query-record", READ, 300, 1, run_withdrawals),
    CALL("POST", "withdraw/create", WITHDRAW, 5, 0, run_withdraw),
    CALL("POST", "withdraw/cancel", WITHDRAW, 60, 1, run_cancel),
    {0},
};
