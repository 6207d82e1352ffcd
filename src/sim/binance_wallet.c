/* sim/binance_wallet.c - balances, fees, permissions, transfers, deposits and withdrawals. Follows "Account endpoints" of the
 * spot documents and the wallet documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "binance.h"

/* --- Balances --- */

static cJSON *balance_json(sim *s, uint32_t account, uint32_t currency) {
  const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, 0, currency);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "asset", bourse__paper_currency_code(sim_engine(s), currency));
  sim_json_add_money(json, "free", balance->total - balance->locked, BINANCE_PLACES);
  sim_json_add_money(json, "locked", balance->locked, BINANCE_PLACES);
  return json;
}

static void run_account(binance_call *call) {
  sim *s = call->s;
  const char *omit = binance_param(call, "omitZeroBalances");
  int32_t without_zero = omit != NULL && strcmp(omit, "true") == 0, trades = !call->account->key.read_only;
  cJSON *json = cJSON_CreateObject(), *rates = cJSON_CreateObject(), *balances = cJSON_CreateArray();
  static const char *const permissions[] = {"SPOT"};
  sim_json_add_integer(json, "makerCommission", 10);
  sim_json_add_integer(json, "takerCommission", 10);
  sim_json_add_integer(json, "buyerCommission", 0);
  sim_json_add_integer(json, "sellerCommission", 0);
  cJSON_AddStringToObject(rates, "maker", "0.00100000");
  cJSON_AddStringToObject(rates, "taker", "0.00100000");
  cJSON_AddStringToObject(rates, "buyer", "0.00000000");
  cJSON_AddStringToObject(rates, "seller", "0.00000000");
  cJSON_AddItemToObject(json, "commissionRates", rates);
  cJSON_AddBoolToObject(json, "canTrade", trades);
  cJSON_AddBoolToObject(json, "canWithdraw", call->account->key.withdraws);
  cJSON_AddBoolToObject(json, "canDeposit", 1);
  cJSON_AddBoolToObject(json, "brokered", 0);
  cJSON_AddBoolToObject(json, "requireSelfTradePrevention", 0);
  cJSON_AddBoolToObject(json, "preventSor", 0);
  sim_json_add_integer(json, "updateTime", sim_clock_ns(s) / BINANCE_MS);
  cJSON_AddStringToObject(json, "accountType", "SPOT");
  for (uint32_t i = 0; i < bourse__paper_currency_count(sim_engine(s)); i++)
    if (!without_zero || bourse__paper_balance(sim_engine(s), call->account->account, 0, i)->total != 0)
      cJSON_AddItemToArray(balances, balance_json(s, call->account->account, i));
  cJSON_AddItemToObject(json, "balances", balances);
  cJSON_AddItemToObject(json, "permissions", cJSON_CreateStringArray(permissions, 1));
  sim_json_add_integer(json, "uid", 350000000 + call->account->account);
  sim_reply_json(call->reply, json);
}

/* Wallets that the engine does not keep: "FUNDING", "CMFUTURE". */
paper_money *binance_pot(sim *s, uint32_t account, const char *wallet, const char *currency) {
  binance_state *state = binance_state_of(s);
  for (uint32_t i = 0; i < state->pot_count; i++)
    if (state->pots[i].account == account && strcmp(state->pots[i].wallet, wallet) == 0 &&
        strcmp(state->pots[i].currency, currency) == 0)
      return &state->pots[i].money;
  state->pots = realloc(state->pots, (state->pot_count + 1) * sizeof *state->pots);
  if (state->pots == NULL) abort();
  binance_pot_row *row = &state->pots[state->pot_count++];
  memset(row, 0, sizeof *row);
  row->account = account;
  (void)snprintf(row->wallet, sizeof row->wallet, "%s", wallet);
  (void)snprintf(row->currency, sizeof row->currency, "%s", currency);
  return &row->money;
}

static cJSON *asset_json(const char *currency, paper_money free_now, paper_money locked) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "asset", currency);
  sim_json_add_money(json, "free", free_now, -1);
  sim_json_add_money(json, "locked", locked, -1);
  cJSON_AddStringToObject(json, "freeze", "0");
  cJSON_AddStringToObject(json, "withdrawing", "0");
  cJSON_AddStringToObject(json, "ipoable", "0");
  cJSON_AddStringToObject(json, "btcValuation", "0");
  return json;
}

static void run_user_asset(binance_call *call) {
  sim *s = call->s;
  const char *only = binance_param(call, "asset");
  int32_t funding = strstr(call->row->path, "funding") != NULL;
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = 0; i < bourse__paper_currency_count(sim_engine(s)); i++) {
    const char *code = bourse__paper_currency_code(sim_engine(s), i);
    const paper_balance *balance = bourse__paper_balance(sim_engine(s), call->account->account, 0, i);
    paper_money locked = funding ? 0 : balance->locked,
                total = funding ? *binance_pot(s, call->account->account, "FUNDING", code) : balance->total;
    if (total == 0 || (only != NULL && strcmp(only, code) != 0)) continue;
    cJSON_AddItemToArray(json, asset_json(code, total - locked, locked));
  }
  sim_reply_json(call->reply, json);
}

/* What all of a wallet would fetch, in one currency at the last prices. */
paper_money binance_value_in(sim *s, paper_money money, uint32_t currency, uint32_t quote) {
  if (currency == quote || money == 0) return money;
  for (uint32_t i = 0; i < BINANCE_SPOT_MARKETS; i++) {
    const paper_market *market = bourse__paper_market(sim_engine(s), i);
    paper_money one = (paper_money)market->last * market->unit_cost; /* of one amount unit */
    if (market->base == currency && market->quote == quote) return money / market->unit_amount * one;
    if (market->quote == currency && market->base == quote && one > 0) return money / one * market->unit_amount;
  }
  return 0;
}

static void run_wallets(binance_call *call) {
  static const char *const names[] = {"Spot",           "Funding",        "Cross Margin", "Isolated Margin",
                                      "USDⓈ-M Futures", "COIN-M Futures", "Earn",         "Options"};
  sim *s = call->s;
  const char *quote = binance_param(call, "quoteAsset");
  int64_t quote_index = bourse__paper_currency_index(sim_engine(s), quote == NULL ? "BTC" : quote);
  cJSON *json = cJSON_CreateArray();
  for (uint32_t w = 0; w < sizeof names / sizeof names[0]; w++) {
    paper_money sum = 0;
    for (uint32_t i = 0; quote_index >= 0 && i < bourse__paper_currency_count(sim_engine(s)); i++) {
      const char *code = bourse__paper_currency_code(sim_engine(s), i);
      uint32_t account = call->account->account;
      if (w == 0 || w == 4)
        sum += binance_value_in(s, bourse__paper_balance(sim_engine(s), account, w == 4, i)->total, i,
                                (uint32_t)quote_index);
      if (w == 1) sum += binance_value_in(s, *binance_pot(s, account, "FUNDING", code), i, (uint32_t)quote_index);
    }
    cJSON *row = cJSON_CreateObject();
    cJSON_AddBoolToObject(row, "activate", w < 5);
    sim_json_add_money(row, "balance", sum, BINANCE_PLACES);
    cJSON_AddStringToObject(row, "walletName", names[w]);
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

/* --- Fees and permissions --- */

static cJSON *commission_json(const char *maker, const char *taker) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "maker", maker);
  cJSON_AddStringToObject(json, "taker", taker);
  cJSON_AddStringToObject(json, "buyer", "0.00000000");
  cJSON_AddStringToObject(json, "seller", "0.00000000");
  return json;
}

static void run_commission(binance_call *call) {
  int32_t market = binance_symbol(call);
  if (market < 0) return;
  cJSON *json = cJSON_CreateObject(), *discount = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", binance_param(call, "symbol"));
  cJSON_AddItemToObject(json, "standardCommission", commission_json("0.00100000", "0.00100000"));
  cJSON_AddItemToObject(json, "specialCommission", commission_json("0.00000000", "0.00000000"));
  cJSON_AddItemToObject(json, "taxCommission", commission_json("0.00000000", "0.00000000"));
  cJSON_AddBoolToObject(discount, "enabledForAccount", 0);
  cJSON_AddBoolToObject(discount, "enabledForSymbol", 0);
  cJSON_AddStringToObject(discount, "discountAsset", "BNB");
  cJSON_AddStringToObject(discount, "discount", "0.75000000");
  cJSON_AddItemToObject(json, "discount", discount);
  sim_reply_json(call->reply, json);
}

static void run_fees(binance_call *call) {
  int32_t only = binance_param(call, "symbol") != NULL ? binance_symbol(call) : -1;
  if (call->failed) return;
  cJSON *json = cJSON_CreateArray();
  for (int32_t i = 0; i < BINANCE_SPOT_MARKETS; i++) {
    if (only >= 0 && i != only) continue;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "symbol", bourse__paper_market(sim_engine(call->s), (uint32_t)i)->about->id);
    cJSON_AddStringToObject(row, "makerCommission", "0.001");
    cJSON_AddStringToObject(row, "takerCommission", "0.001");
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

static void run_restrictions(binance_call *call) {
  int32_t trades = !call->account->key.read_only;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddBoolToObject(json, "ipRestrict", 0);
  sim_json_add_integer(json, "createTime", INT64_C(1700000000000));
  cJSON_AddBoolToObject(json, "enableReading", 1);
  cJSON_AddBoolToObject(json, "enableWithdrawals", call->account->key.withdraws);
  cJSON_AddBoolToObject(json, "enableInternalTransfer", trades);
  cJSON_AddBoolToObject(json, "enableMargin", trades);
  cJSON_AddBoolToObject(json, "enableFutures", trades);
  cJSON_AddBoolToObject(json, "permitsUniversalTransfer", trades);
  cJSON_AddBoolToObject(json, "enableVanillaOptions", 0);
  cJSON_AddBoolToObject(json, "enableFixApiTrade", 0);
  cJSON_AddBoolToObject(json, "enableFixReadOnly", 0);
  cJSON_AddBoolToObject(json, "enableSpotAndMarginTrading", trades);
  cJSON_AddBoolToObject(json, "enablePortfolioMarginTrading", 0);
  sim_reply_json(call->reply, json);
}

static void run_status(binance_call *call) {
  int32_t away = sim_fault(call->s, "maintenance", call->row->path);
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "status", away ? 1 : 0);
  cJSON_AddStringToObject(json, "msg", away ? "system maintenance" : "normal");
  sim_reply_json(call->reply, json);
}

/* --- Currencies --- */

static const struct {
  const char *coin, *name, *network, *fee, *least, *step;
} coins[] = {{"BTC", "Bitcoin", "BTC", "0.00003", "0.0003", "0.00000001"},
             {"ETH", "Ethereum", "ETH", "0.0005", "0.005", "0.00000001"},
             {"SOL", "Solana", "SOL", "0.001", "0.1", "0.00000001"},
             {"XRP", "XRP", "XRP", "0.2", "2", "0.000001"},
             {"DOGE", "Dogecoin", "DOGE", "4", "10", "0.00000001"},
             {"USDT", "TetherUS", "TRX", "1", "10", "0.000001"}};
#define COINS (sizeof coins / sizeof coins[0])

static cJSON *network_json(size_t i) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "network", coins[i].network);
  cJSON_AddStringToObject(json, "coin", coins[i].coin);
  cJSON_AddStringToObject(json, "withdrawIntegerMultiple", coins[i].step);
  cJSON_AddBoolToObject(json, "isDefault", 1);
  cJSON_AddBoolToObject(json, "depositEnable", 1);
  cJSON_AddBoolToObject(json, "withdrawEnable", 1);
  cJSON_AddStringToObject(json, "depositDesc", "");
  cJSON_AddStringToObject(json, "withdrawDesc", "");
  cJSON_AddStringToObject(json, "name", coins[i].name);
  cJSON_AddBoolToObject(json, "resetAddressStatus", 0);
  cJSON_AddStringToObject(json, "withdrawFee", coins[i].fee);
  cJSON_AddStringToObject(json, "withdrawMin", coins[i].least);
  cJSON_AddStringToObject(json, "withdrawMax", "1000000");
  cJSON_AddStringToObject(json, "depositDust", "0.00000001");
  sim_json_add_integer(json, "minConfirm", 1);
  sim_json_add_integer(json, "unLockConfirm", 2);
  cJSON_AddBoolToObject(json, "sameAddress", 0);
  cJSON_AddStringToObject(json, "addressRegex", "^.{10,128}$");
  cJSON_AddStringToObject(json, "memoRegex", "");
  cJSON_AddBoolToObject(json, "busy", 0);
  cJSON_AddStringToObject(json, "contractAddress", "");
  return json;
}

static void run_coins(binance_call *call) {
  cJSON *json = cJSON_CreateArray();
  for (size_t i = 0; i < COINS; i++) {
    cJSON *row = cJSON_CreateObject(), *networks = cJSON_CreateArray();
    int64_t index = bourse__paper_currency_index(sim_engine(call->s), coins[i].coin);
    const paper_balance *balance =
        bourse__paper_balance(sim_engine(call->s), call->account->account, 0, (uint32_t)index);
    cJSON_AddStringToObject(row, "coin", coins[i].coin);
    cJSON_AddBoolToObject(row, "depositAllEnable", 1);
    cJSON_AddBoolToObject(row, "withdrawAllEnable", 1);
    cJSON_AddStringToObject(row, "name", coins[i].name);
    sim_json_add_money(row, "free", balance->total - balance->locked, -1);
    sim_json_add_money(row, "locked", balance->locked, -1);
    cJSON_AddStringToObject(row, "freeze", "0");
    cJSON_AddStringToObject(row, "withdrawing", "0");
    cJSON_AddStringToObject(row, "ipoing", "0");
    cJSON_AddStringToObject(row, "ipoable", "0");
    cJSON_AddStringToObject(row, "storage", "0");
    cJSON_AddBoolToObject(row, "isLegalMoney", 0);
    cJSON_AddBoolToObject(row, "trading", 1);
    cJSON_AddItemToArray(networks, network_json(i));
    cJSON_AddItemToObject(row, "networkList", networks);
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

/* Index of the coin that "coin" names; -1: failed. */
static int32_t coin_of(binance_call *call) {
  const char *coin = binance_need(call, "coin"), *network = binance_param(call, "network");
  for (size_t i = 0; coin != NULL && i < COINS; i++)
    if (strcmp(coins[i].coin, coin) == 0) {
      if (network == NULL || strcmp(network, coins[i].network) == 0) return (int32_t)i;
      break;
    }
  if (coin != NULL) (void)binance_fail(call, 400, -4018, "This asset or network is not there.");
  return -1;
}

static cJSON *address_json(const binance_call *call, int32_t coin) {
  char address[128];
  cJSON *json = cJSON_CreateObject();
  (void)snprintf(address, sizeof address, "sim-%s-%s-%s", coins[coin].network, coins[coin].coin,
                 call->account->key.name);
  cJSON_AddStringToObject(json, "address", address);
  cJSON_AddStringToObject(json, "coin", coins[coin].coin);
  cJSON_AddStringToObject(json, "tag", "");
  return json;
}

static void run_address(binance_call *call) {
  int32_t coin = coin_of(call);
  if (coin < 0) return;
  cJSON *json = address_json(call, coin);
  cJSON_AddStringToObject(json, "url", "");
  sim_reply_json(call->reply, json);
}

static void run_addresses(binance_call *call) {
  int32_t coin = coin_of(call);
  if (coin < 0) return;
  cJSON *json = cJSON_CreateArray(), *row = address_json(call, coin);
  sim_json_add_integer(row, "isDefault", 1);
  cJSON_AddItemToArray(json, row);
  sim_reply_json(call->reply, json);
}

/* --- Money on the move --- */

static binance_movement *move_new(binance_call *call, int32_t kind, const char *currency,
                                  const bourse_decimal *amount) {
  binance_state *state = binance_state_of(call->s);
  state->movements = realloc(state->movements, (state->movement_count + 1) * sizeof *state->movements);
  if (state->movements == NULL) abort();
  binance_movement *row = &state->movements[state->movement_count++];
  memset(row, 0, sizeof *row);
  row->id = UINT64_C(100000000000) + sim_next_number(call->s);
  row->account = call->account->account;
  row->kind = kind;
  row->time_ns = sim_clock_ns(call->s);
  row->amount = *amount;
  (void)snprintf(row->currency, sizeof row->currency, "%s", currency);
  return row;
}

/* Adds to a wallet, or takes; 0: there is not that much. */
static int32_t change(binance_call *call, const char *wallet, const char *currency, bourse_decimal amount,
                      int32_t takes, const char *kind) {
  uint32_t account = call->account->account;
  int64_t margin = binance_margin_wallet(call, wallet, takes);
  if (margin < -1) return 0;
  if (margin >= 0) account = (uint32_t)margin;
  int32_t engine_wallet = margin >= 0 || strcmp(wallet, "MAIN") == 0 ? 0 : strcmp(wallet, "UMFUTURE") == 0 ? 1 : -1;
  if (engine_wallet < 0) {
    paper_money money, *pot = binance_pot(call->s, call->account->account, wallet, currency);
    if (!bourse__paper_to_money(&money, &amount) || (takes && *pot < money)) return 0;
    *pot += takes ? -money : money;
    return 1;
  }
  if (takes) amount.flags |= BOURSE_DECIMAL_NEGATIVE;
  return sim_deposit(call->s, account, (uint32_t)engine_wallet, currency, &amount, kind) == BOURSE_OK;
}

static int32_t read_money(binance_call *call, const char *coin_name, const char **currency, bourse_decimal *amount) {
  *currency = binance_need(call, coin_name);
  if (*currency == NULL || binance_need(call, "amount") == NULL || !binance_decimal(call, amount, "amount")) return 0;
  if (bourse__paper_currency_index(sim_engine(call->s), *currency) < 0)
    return binance_fail(call, 400, -1108, "Invalid asset.");
  if (bourse_decimal_sign(amount) > 0) return 1;
  return binance_fail(call, 400, -1100, "Illegal characters found in a parameter.");
}

static void run_transfer(binance_call *call) {
  static const char *const wallets[] = {"MAIN",     "FUNDING",  "MARGIN", "ISOLATEDMARGIN",
                                        "UMFUTURE", "CMFUTURE", "OPTION", NULL};
  const char *type = binance_need(call, "type"), *currency, *from = NULL, *to = NULL;
  bourse_decimal amount;
  if (type == NULL || !read_money(call, "asset", &currency, &amount)) return;
  for (int32_t i = 0; wallets[i] != NULL; i++) {
    size_t length = strlen(wallets[i]);
    if (strncmp(type, wallets[i], length) != 0 || type[length] != '_') continue;
    from = wallets[i];
    for (int32_t j = 0; wallets[j] != NULL; j++)
      if (j != i && strcmp(type + length + 1, wallets[j]) == 0) to = wallets[j];
  }
  if (to == NULL) {
    (void)binance_fail(call, 400, -1102, "Mandatory parameter 'type' was not sent, was empty/null, or malformed.");
    return;
  }
  if (binance_margin_wallet(call, from, 1) < -1 || binance_margin_wallet(call, to, 0) < -1) {
    (void)binance_fail(call, 400, -11001, "Isolated margin account does not exist.");
    return;
  }
  if (!change(call, from, currency, amount, 1, "transfer")) {
    (void)binance_fail(call, 400, -5013, "Asset transfer failed: insufficient balance");
    return;
  }
  (void)change(call, to, currency, amount, 0, "transfer");
  binance_movement *row = move_new(call, 't', currency, &amount);
  (void)snprintf(row->type, sizeof row->type, "%s", type);
  int32_t spot = strcmp(from, "MAIN") == 0 ? -1 : strcmp(to, "MAIN") == 0 ? 1 : 0;
  if (spot != 0) binance_tell_change(call->s, call->account->account, currency, &amount, spot < 0);
  cJSON *json = cJSON_CreateObject();
  sim_json_add_integer(json, "tranId", (int64_t)row->id);
  sim_reply_json(call->reply, json);
}

static int32_t is_listed(const binance_call *call, const binance_movement *row, int32_t kind, int64_t start,
                         int64_t end, const char *coin) {
  int64_t ms = row->time_ns / BINANCE_MS;
  return row->kind == kind && row->account == call->account->account && (start < 0 || ms >= start) &&
         (end < 0 || ms <= end) && (coin == NULL || strcmp(coin, row->currency) == 0);
}

static void run_transfers(binance_call *call) {
  int64_t start, end, current, size, total = 0;
  const char *type = binance_need(call, "type");
  if (type == NULL || !binance_whole(call, &start, "startTime", -1) || !binance_whole(call, &end, "endTime", -1) ||
      !binance_whole(call, &current, "current", 1) || !binance_whole(call, &size, "size", 10))
    return;
  if (size > 100) size = 100;
  const binance_state *state = binance_state_of(call->s);
  cJSON *json = cJSON_CreateObject(), *rows = cJSON_CreateArray();
  for (uint32_t i = state->movement_count; i > 0; i--) {
    const binance_movement *row = &state->movements[i - 1];
    if (!is_listed(call, row, 't', start, end, NULL) || strcmp(row->type, type) != 0) continue;
    total++;
    if (total <= (current - 1) * size || total > current * size) continue;
    cJSON *one = cJSON_CreateObject();
    sim_json_add_integer(one, "timestamp", row->time_ns / BINANCE_MS);
    cJSON_AddStringToObject(one, "asset", row->currency);
    sim_json_add_decimal(one, "amount", &row->amount);
    cJSON_AddStringToObject(one, "type", row->type);
    cJSON_AddStringToObject(one, "status", "CONFIRMED");
    sim_json_add_integer(one, "tranId", (int64_t)row->id);
    cJSON_AddItemToArray(rows, one);
  }
  sim_json_add_integer(json, "total", total);
  cJSON_AddItemToObject(json, "rows", rows);
  sim_reply_json(call->reply, json);
}

static void run_withdraw(binance_call *call) {
  const char *currency, *address = binance_need(call, "address"), *client_id = binance_param(call, "withdrawOrderId"),
                        *wallet = binance_param(call, "walletType");
  bourse_decimal amount;
  int32_t coin = address == NULL ? -1 : coin_of(call);
  if (coin < 0 || !read_money(call, "coin", &currency, &amount)) return;
  if (strlen(address) < 10) {
    (void)binance_fail(call, 400, -4033, "Illegal address.");
    return;
  }
  if (!change(call, wallet != NULL && strcmp(wallet, "1") == 0 ? "FUNDING" : "MAIN", currency, amount, 1,
              "withdrawal")) {
    (void)binance_fail(call, 400, -4026, "User has insufficient balance");
    return;
  }
  binance_movement *row = move_new(call, 'w', currency, &amount);
  (void)snprintf(row->type, sizeof row->type, "%s", coins[coin].network);
  (void)snprintf(row->address, sizeof row->address, "%s", address);
  (void)snprintf(row->client_id, sizeof row->client_id, "%s", client_id == NULL ? "" : client_id);
  (void)snprintf(row->tag, sizeof row->tag, "%s",
                 binance_param(call, "addressTag") == NULL ? "" : binance_param(call, "addressTag"));
  char id[40];
  (void)snprintf(id, sizeof id, "%032llx", (unsigned long long)row->id);
  binance_tell_change(call->s, call->account->account, currency, &amount, 1);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "id", id);
  sim_reply_json(call->reply, json);
}

static void run_history(binance_call *call) {
  int64_t start, end, offset, limit;
  int32_t kind = strstr(call->row->path, "withdraw") != NULL ? 'w' : 'd';
  const char *coin = binance_param(call, "coin"), *client_id = binance_param(call, "withdrawOrderId");
  if (!binance_whole(call, &start, "startTime", -1) || !binance_whole(call, &end, "endTime", -1) ||
      !binance_whole(call, &offset, "offset", 0) || !binance_whole(call, &limit, "limit", 1000))
    return;
  const binance_state *state = binance_state_of(call->s);
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = state->movement_count; i > 0 && limit > 0; i--) {
    const binance_movement *row = &state->movements[i - 1];
    char text[64], id[40];
    time_t seconds = (time_t)(row->time_ns / BINANCE_SECOND);
    struct tm parts;
    if (!is_listed(call, row, kind, start, end, coin) ||
        (client_id != NULL && strcmp(client_id, row->client_id) != 0) || offset-- > 0)
      continue;
    cJSON *one = cJSON_CreateObject();
    (void)snprintf(id, sizeof id, "%032llx", (unsigned long long)row->id);
    (void)strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", gmtime_r(&seconds, &parts));
    cJSON_AddStringToObject(one, "id", id);
    sim_json_add_decimal(one, "amount", &row->amount);
    cJSON_AddStringToObject(one, "transactionFee", "0");
    cJSON_AddStringToObject(one, "coin", row->currency);
    sim_json_add_integer(one, "status", kind == 'w' ? 6 : 1);
    cJSON_AddStringToObject(one, "address", row->address);
    cJSON_AddStringToObject(one, "addressTag", row->tag);
    cJSON_AddStringToObject(one, "txId", id);
    cJSON_AddStringToObject(one, "applyTime", text);
    cJSON_AddStringToObject(one, "network", row->type);
    sim_json_add_integer(one, "transferType", 0);
    cJSON_AddStringToObject(one, "withdrawOrderId", row->client_id);
    if (kind == 'd') sim_json_add_integer(one, "insertTime", row->time_ns / BINANCE_MS);
    cJSON_AddItemToArray(json, one);
    limit--;
  }
  sim_reply_json(call->reply, json);
}

/* Which spot markets can be traded on margin: what clients ask for together with the markets. */
static void run_pairs(binance_call *call) {
  int32_t isolated = strstr(call->row->path, "isolated") != NULL;
  cJSON *json = cJSON_CreateArray();
  for (uint32_t i = 0; i < BINANCE_SPOT_MARKETS; i++) {
    const bourse_market *about = bourse__paper_market(sim_engine(call->s), i)->about;
    cJSON *row = cJSON_CreateObject();
    if (!isolated) sim_json_add_integer(row, "id", INT64_C(350000000000) + i);
    cJSON_AddStringToObject(row, "symbol", about->id);
    cJSON_AddStringToObject(row, "base", about->base);
    cJSON_AddStringToObject(row, "quote", about->quote);
    cJSON_AddBoolToObject(row, "isMarginTrade", 1);
    cJSON_AddBoolToObject(row, "isBuyAllowed", 1);
    cJSON_AddBoolToObject(row, "isSellAllowed", 1);
    cJSON_AddItemToArray(json, row);
  }
  sim_reply_json(call->reply, json);
}

#define WALLET(method_, path_, security_, group_, weight_, run_, params_) \
  { method_, path_, NULL, BINANCE_##security_, BINANCE_##group_, weight_, 0, run_, params_, NULL }

const binance_row binance_wallet_rows[] = {
    {"GET", "/api/v3/account", "account.status", BINANCE_SIGNED, BINANCE_API, 20, 0, run_account, "omitZeroBalances",
     NULL},
    {"GET", "/api/v3/account/commission", "account.commission", BINANCE_SIGNED, BINANCE_API, 20, 0, run_commission,
     "symbol", NULL},
    WALLET("GET", "/sapi/v1/margin/allPairs", KEY, SAPI, 1, run_pairs, NULL),
    WALLET("GET", "/sapi/v1/margin/isolated/allPairs", KEY, SAPI, 10, run_pairs, NULL),
    WALLET("GET", "/sapi/v1/system/status", PUBLIC, SAPI, 1, run_status, ""),
    WALLET("POST", "/sapi/v3/asset/getUserAsset", SIGNED, SAPI, 5, run_user_asset, "asset needBtcValuation"),
    WALLET("POST", "/sapi/v1/asset/get-funding-asset", SIGNED, SAPI, 1, run_user_asset, "asset needBtcValuation"),
    WALLET("GET", "/sapi/v1/asset/wallet/balance", SIGNED, SAPI, 60, run_wallets, "quoteAsset"),
    WALLET("GET", "/sapi/v1/asset/tradeFee", SIGNED, SAPI, 1, run_fees, "symbol"),
    WALLET("GET", "/sapi/v1/account/apiRestrictions", SIGNED, SAPI, 1, run_restrictions, ""),
    WALLET("GET", "/sapi/v1/capital/config/getall", SIGNED, SAPI, 10, run_coins, ""),
    WALLET("GET", "/sapi/v1/capital/deposit/address", SIGNED, SAPI, 10, run_address, "coin network amount"),
    WALLET("GET", "/sapi/v1/capital/deposit/address/list", SIGNED, SAPI, 10, run_addresses, "coin network"),
    WALLET("GET", "/sapi/v1/capital/deposit/hisrec", SIGNED, SAPI, 1, run_history,
           "includeSource coin status startTime endTime offset limit txId"),
    WALLET("GET", "/sapi/v1/capital/withdraw/history", SIGNED, SAPI_UID, 18000, run_history,
           "coin withdrawOrderId status offset limit idList startTime endTime"),
    WALLET("POST", "/sapi/v1/capital/withdraw/apply", WITHDRAW, SAPI_UID, 900, run_withdraw,
           "coin withdrawOrderId network address addressTag amount transactionFeeFlag name walletType"),
    WALLET("POST", "/sapi/v1/asset/transfer", TRADE, SAPI_UID, 900, run_transfer,
           "type asset amount fromSymbol toSymbol"),
    WALLET("GET", "/sapi/v1/asset/transfer", SIGNED, SAPI, 1, run_transfers,
           "type startTime endTime current size fromSymbol toSymbol"),
    {0},
};
