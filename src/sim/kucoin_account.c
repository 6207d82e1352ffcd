/* sim/kucoin_account.c - accounts of spot and the main one, their books, fees, transfers, deposits and withdrawals: "Account &
 * Funding" of the documents. The engine keeps the trading account and that of futures; the main one is kept here. */
#include "kucoin.h"

static void run_key(kucoin_call *call) {
  const sim_key *key = &call->account->key;
  cJSON *json = call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "remark", key->name);
  cJSON_AddStringToObject(json, "apiKey", key->api_key);
  sim_json_add_integer(json, "apiVersion", 3);
  int32_t unified = kucoin_is_unified(call->s, call->account->account);
  char words[96];
  (void)snprintf(words, sizeof words, "General%s%s",
                 key->read_only ? ""
                 : unified      ? ",Unified"
                                : ",Spot,Futures,InnerTransfer",
                 key->read_only || !key->withdraws ? "" : ",Transfer,Withdrawal");
  cJSON_AddStringToObject(json, "permission", words);
  cJSON_AddStringToObject(json, "ipWhitelist", "");
  kucoin_add_ms(call->s, json, "createdAt", 0);
  sim_json_add_integer(json, "uid", 51510000 + (int64_t)call->account->account);
  cJSON_AddTrueToObject(json, "isMaster");
}

static void run_opened(kucoin_call *call) { call->data = cJSON_CreateTrue(); }

static void run_mode(kucoin_call *call) {
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "selfAccountMode",
                          kucoin_is_unified(call->s, call->account->account) ? "UNIFIED" : "CLASSIC");
  cJSON_AddArrayToObject(call->data, "unifiedSubAccount");
  cJSON_AddArrayToObject(call->data, "classicSubAccount");
}

int32_t kucoin_unify(sim *s, uint32_t account) {
  for (uint32_t m = KUCOIN_SPOT_MARKETS; m < PAPER_MARKETS; m++)
    (void)bourse__paper_set_isolated(sim_engine(s), account, m, 0);
  int32_t code = bourse__paper_join_wallets(sim_engine(s), account);
  sim_settle(s);
  return code == BOURSE_OK;
}

/* There is no way back. */
static void run_set_mode(kucoin_call *call) {
  const char *type = kucoin_param(call, "accountType");
  if (type == NULL || strcmp(type, "UNIFIED") != 0)
    (void)kucoin_fail(call, "400100", "accountType not in the given range");
  else if (!kucoin_is_unified(call->s, call->account->account) && !kucoin_unify(call->s, call->account->account))
    (void)kucoin_fail(call, "400100", "exist.order.or.position");
}

static void run_no_margin(kucoin_call *call) {
  (void)kucoin_fail(call, "101030", "You haven't yet enabled the margin trading");
}

static void run_margin_symbols(kucoin_call *call) {
  call->data = cJSON_CreateObject();
  kucoin_add_ms(call->s, call->data, "timestamp", sim_now_ns(call->s));
  cJSON_AddArrayToObject(call->data, "items");
}

static void run_isolated_symbols(kucoin_call *call) { call->data = cJSON_CreateArray(); }

/* --- Balances --- */

static paper_money *pot_of(sim *s, uint32_t account, uint32_t currency) {
  kucoin_state *state = kucoin_of(s);
  for (uint32_t i = 0; i < state->pot_count; i++)
    if (state->pots[i].account == account && state->pots[i].currency == currency) return &state->pots[i].money;
  state->pots = realloc(state->pots, (state->pot_count + 1) * sizeof *state->pots);
  if (state->pots == NULL) abort();
  state->pots[state->pot_count] = (kucoin_pot){account, currency, 0};
  return &state->pots[state->pot_count++].money;
}

/* The main, trading, futures or unified account by its name; -1: there is none of that name, or not for this user. */
static int32_t type_of(const kucoin_call *call, const char *text) {
  int32_t unified = kucoin_is_unified(call->s, call->account->account);
  static const struct {
    const char *name;
    int32_t wallet;
  } names[] = {{"main", 'm'},     {"MAIN", 'm'},     {"trade", 's'},   {"TRADE", 's'},
               {"trade_hf", 's'}, {"TRADE_HF", 's'}, {"SPOT", 's'},    {"contract", 'f'},
               {"CONTRACT", 'f'}, {"FUNDING", 'm'},  {"UNIFIED", 'u'}, {"FUTURES", 'f'}};
  for (size_t i = 0; text != NULL && i < sizeof names / sizeof names[0]; i++)
    if (strcmp(names[i].name, text) == 0)
      return names[i].wallet == 'm' || (names[i].wallet == 'u') == unified ? names[i].wallet : -1;
  return -1;
}

static void add_account(kucoin_call *call, uint32_t currency, int32_t wallet, const char *type) {
  sim *s = call->s;
  uint32_t account = call->account->account;
  const paper_balance *balance = bourse__paper_balance(sim_engine(s), account, 0, currency);
  paper_money total = wallet == 'm' ? *pot_of(s, account, currency) : balance->total,
              held = wallet == 'm' ? 0 : balance->locked;
  char id[KUCOIN_ID_SIZE];
  if (total == 0 && wallet == 'm') return;
  (void)snprintf(id, sizeof id, "5151%c%015llx%04x", wallet == 'm' ? 'a' : 'b', (unsigned long long)account + 1,
                 currency);
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "id", id);
  cJSON_AddStringToObject(json, "currency", bourse__paper_currency_code(sim_engine(s), currency));
  cJSON_AddStringToObject(json, "type", type);
  cJSON_AddStringToObject(json, "balance", sim_money_text(total, -1));
  cJSON_AddStringToObject(json, "available", sim_money_text(total - held, -1));
  cJSON_AddStringToObject(json, "holds", sim_money_text(held, -1));
  cJSON_AddItemToArray(call->data, json);
}

static void run_accounts(kucoin_call *call) {
  const char *type = kucoin_param(call, "type"), *code = kucoin_param(call, "currency");
  int32_t wallet = type == NULL ? 0 : type_of(call, type);
  call->data = cJSON_CreateArray();
  for (uint32_t c = 0; c < bourse__paper_currency_count(sim_engine(call->s)); c++) {
    if (code != NULL && strcmp(code, bourse__paper_currency_code(sim_engine(call->s), c)) != 0) continue;
    if (wallet == 0 || wallet == 'm') add_account(call, c, 'm', "main");
    if ((wallet == 0 || wallet == 's') && !kucoin_is_unified(call->s, call->account->account))
      add_account(call, c, 's', type == NULL ? "trade" : type);
  }
}

/* --- The book --- */

const char *kucoin_business(const paper_ledger *entry) {
  if (strcmp(entry->kind, "trade") == 0 || strcmp(entry->kind, "fee") == 0) return "TRADE_EXCHANGE";
  if (strcmp(entry->kind, "transfer") == 0) return "TRANSFER";
  return strcmp(entry->kind, "deposit") == 0 ? "DEPOSIT" : "WITHDRAW";
}

static cJSON *ledger_json(sim *s, const paper_ledger *entry) {
  cJSON *json = cJSON_CreateObject();
  paper_money amount = entry->amount < 0 ? -entry->amount : entry->amount;
  cJSON_AddStringToObject(json, "id", sim_units_text((int64_t)entry->id + INT64_C(265329987000000), 0, 0));
  cJSON_AddStringToObject(json, "currency", bourse__paper_currency_code(sim_engine(s), entry->currency));
  cJSON_AddStringToObject(json, "amount", sim_money_text(amount, -1));
  cJSON_AddStringToObject(json, "fee", strcmp(entry->kind, "fee") == 0 ? sim_money_text(amount, -1) : "0");
  cJSON_AddStringToObject(json, "tax", "0");
  cJSON_AddStringToObject(json, "balance", sim_money_text(entry->balance, -1));
  cJSON_AddStringToObject(json, "accountType", "TRADE_HF");
  cJSON_AddStringToObject(json, "bizType", kucoin_business(entry));
  cJSON_AddStringToObject(json, "direction", entry->amount < 0 ? "out" : "in");
  sim_json_add_integer(json, "createdAt", (entry->time_ns + sim_skew_ns(s)) / KUCOIN_MS);
  cJSON_AddStringToObject(json, "context", "");
  return json;
}

static int32_t is_wanted(kucoin_call *call, const paper_ledger *entry, int64_t from_ns, int64_t to_ns) {
  const char *code = bourse__paper_currency_code(sim_engine(call->s), entry->currency),
             *currencies = kucoin_param(call, "currency"), *direction = kucoin_param(call, "direction");
  return entry->wallet == 0 && entry->time_ns >= from_ns && entry->time_ns < to_ns &&
         (currencies == NULL || strstr(currencies, code) != NULL) &&
         (direction == NULL || (strcmp(direction, "in") == 0) == (entry->amount > 0));
}

static cJSON *ledger_list(kucoin_call *call, int64_t limit) {
  const paper_ring *ledger = &kucoin_paper_account(call->s, call->account->account)->ledger;
  const char *last = kucoin_param(call, "lastId");
  uint64_t before = last == NULL ? UINT64_MAX : strtoull(last, NULL, 10) - UINT64_C(265329987000000);
  int64_t from_ns, to_ns, count = 0;
  cJSON *list = cJSON_CreateArray();
  kucoin_span(call, &from_ns, &to_ns);
  for (uint32_t i = ledger->count; i-- > 0 && count < limit;) {
    const paper_ledger *entry = bourse__paper_ring_at(ledger, i);
    if (entry->id >= before || !is_wanted(call, entry, from_ns, to_ns)) continue;
    cJSON_AddItemToArray(list, ledger_json(call->s, entry));
    count++;
  }
  return list;
}

static void run_ledgers(kucoin_call *call) { kucoin_page(call, ledger_list(call, INT64_MAX), 50); }

static void run_hf_ledgers(kucoin_call *call) {
  int64_t limit = kucoin_whole(call, "limit", 100);
  call->data = ledger_list(call, limit < 1 || limit > 200 ? 100 : limit);
}

/* --- Fees --- */

static void run_base_fee(kucoin_call *call) {
  call->data = cJSON_CreateObject();
  sim_json_add_decimal(call->data, "takerFeeRate", &kucoin_rows[0].taker);
  sim_json_add_decimal(call->data, "makerFeeRate", &kucoin_rows[0].maker);
}

static cJSON *fee_json(uint32_t market) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "symbol", kucoin_rows[market].id);
  sim_json_add_decimal(json, "takerFeeRate", &kucoin_rows[market].taker);
  sim_json_add_decimal(json, "makerFeeRate", &kucoin_rows[market].maker);
  return json;
}

/* Of both hosts: spot names several symbols, futures one. */
static void run_fees(kucoin_call *call) {
  const char *symbols = kucoin_param(call, "symbols"), *symbol = kucoin_param(call, "symbol");
  if (symbol != NULL && symbols == NULL) {
    int32_t market = kucoin_futures_market(call, symbol);
    if (market >= 0) call->data = fee_json((uint32_t)market);
    return;
  }
  if (symbols == NULL) {
    (void)kucoin_fail(call, "400100", "symbols can not be empty");
    return;
  }
  call->data = cJSON_CreateArray();
  for (const char *at = symbols; *at != '\0';) {
    char one[32];
    size_t end = strcspn(at, ",");
    (void)snprintf(one, sizeof one, "%.*s", (int)(end < 31 ? end : 31), at);
    at += end + (at[end] == ',');
    int32_t market = kucoin_spot_market(call, one);
    if (market < 0) return;
    cJSON_AddItemToArray(call->data, fee_json((uint32_t)market));
  }
}

/* --- Transfers --- */

/* Takes from a wallet or gives to it. 0: it is not there. */
static int32_t move(kucoin_call *call, int32_t wallet, const char *code, bourse_decimal amount, int32_t takes) {
  sim *s = call->s;
  int64_t currency = bourse__paper_currency_index(sim_engine(s), code);
  paper_money money;
  if (currency < 0 || !bourse__paper_to_money(&money, &amount)) return 0;
  if (wallet == 'm') {
    paper_money *pot = pot_of(s, call->account->account, (uint32_t)currency);
    if (takes && *pot < money) return 0;
    *pot += takes ? -money : money;
    return 1;
  }
  if (takes) amount.flags |= BOURSE_DECIMAL_NEGATIVE;
  return sim_deposit(s, call->account->account, wallet == 'f', code, &amount, "transfer") == BOURSE_OK;
}

static void transfer(kucoin_call *call, const char *from_name, const char *to_name) {
  const char *code = kucoin_param(call, "currency"), *amount_text = kucoin_param(call, "amount");
  int32_t from = type_of(call, kucoin_param(call, from_name)), to = type_of(call, kucoin_param(call, to_name));
  bourse_decimal amount;
  char id[KUCOIN_ID_SIZE];
  if (kucoin_param(call, "clientOid") == NULL || code == NULL || !sim_decimal(&amount, amount_text) ||
      bourse_decimal_sign(&amount) <= 0) {
    (void)kucoin_fail(call, "400100", "The clientOid, the currency and the amount are required.");
    return;
  }
  code = kucoin_currency(code);
  if (from < 0 || to < 0 || from == to) {
    (void)kucoin_fail(call, "400100",
                      from < 0 ? "payAccountType not in the given range" : "recAccountType not in the given range");
    return;
  }
  if (!move(call, from, code, amount, 1)) {
    (void)kucoin_fail(call, "230003", "Balance insufficient!");
    return;
  }
  (void)move(call, to, code, amount, 0);
  (void)snprintf(id, sizeof id, "5151%020llx", (unsigned long long)sim_next_number(call->s));
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "orderId", id);
}

static void run_universal(kucoin_call *call) {
  const char *type = kucoin_param(call, "type");
  if (type == NULL || strcmp(type, "INTERNAL") != 0)
    (void)kucoin_fail(call, "400100", "type not in the given range");
  else
    transfer(call, "fromAccountType", "toAccountType");
}

/* Of all kinds of accounts; "0": within one user. */
static void run_flex(kucoin_call *call) {
  const char *type = kucoin_param(call, "type");
  if (type == NULL || strcmp(type, "0") != 0) {
    (void)kucoin_fail(call, "400100", "type not in the given range");
    return;
  }
  transfer(call, "fromAccountType", "toAccountType");
  if (call->data != NULL) cJSON_AddStringToObject(call->data, "clientOid", kucoin_param(call, "clientOid"));
}

static void run_inner(kucoin_call *call) { transfer(call, "from", "to"); }

static void run_transferable(kucoin_call *call) {
  const char *code = kucoin_param(call, "currency");
  int32_t wallet = type_of(call, kucoin_param(call, "type"));
  int64_t currency = code == NULL ? -1 : bourse__paper_currency_index(sim_engine(call->s), code);
  if (wallet < 0 || currency < 0) {
    (void)kucoin_fail(call, "400100", "The currency and the type are required.");
    return;
  }
  const paper_balance *balance =
      bourse__paper_balance(sim_engine(call->s), call->account->account, 0, (uint32_t)currency);
  paper_money total = wallet == 'm' ? *pot_of(call->s, call->account->account, (uint32_t)currency) : balance->total,
              held = wallet == 'm' ? 0 : balance->locked;
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "currency", code);
  cJSON_AddStringToObject(call->data, "balance", sim_money_text(total, -1));
  cJSON_AddStringToObject(call->data, "available", sim_money_text(total - held, -1));
  cJSON_AddStringToObject(call->data, "holds", sim_money_text(held, -1));
  cJSON_AddStringToObject(call->data, "transferable", sim_money_text(total - held, -1));
}

/* --- Deposits and withdrawals --- */

static const struct {
  const char *code, *chain, *chain_id, *address;
} ways[] = {
    {"BTC", "BTC", "btc", "bc1qsim0000000000000000000000000000000sim0"},
    {"ETH", "ERC20", "eth", "0x5100000000000000000000000000000000000051"},
    {"SOL", "SOL", "sol", "Sim1111111111111111111111111111111111111111"},
    {"XRP", "XRP", "xrp", "rSim0000000000000000000000000000000"},
    {"DOGE", "DOGE", "doge", "DSim0000000000000000000000000000000"},
    {"USDT", "TRC20", "trx", "TSim000000000000000000000000000000"},
};
#define WAYS (sizeof ways / sizeof ways[0])

static size_t way_of(kucoin_call *call) {
  const char *code = kucoin_param(call, "currency"), *chain = kucoin_param(call, "chain");
  size_t i = 0;
  while (i < WAYS && (code == NULL || strcmp(ways[i].code, code) != 0)) i++;
  if (i == WAYS) (void)kucoin_fail(call, "400100", "This currency does not exist.");
  if (i < WAYS && chain != NULL && strcmp(chain, ways[i].chain_id) != 0) {
    (void)kucoin_fail(call, "900014", "Invalid chainId");
    return WAYS;
  }
  return i;
}

static cJSON *address_json(size_t way) {
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "address", ways[way].address);
  cJSON_AddStringToObject(json, "memo", strcmp(ways[way].code, "XRP") == 0 ? "5151" : "");
  cJSON_AddStringToObject(json, "chainId", ways[way].chain_id);
  cJSON_AddStringToObject(json, "to", "MAIN");
  sim_json_add_integer(json, "expirationDate", 0);
  cJSON_AddStringToObject(json, "currency", ways[way].code);
  cJSON_AddStringToObject(json, "contractAddress", "");
  cJSON_AddStringToObject(json, "chainName", ways[way].chain);
  return json;
}

static void run_addresses(kucoin_call *call) {
  size_t way = way_of(call);
  if (way == WAYS) return;
  call->data = cJSON_CreateArray();
  cJSON_AddItemToArray(call->data, address_json(way));
}

static void run_new_address(kucoin_call *call) {
  size_t way = way_of(call);
  if (way < WAYS) call->data = address_json(way);
}

static void run_quotas(kucoin_call *call) {
  size_t way = way_of(call);
  if (way == WAYS) return;
  int64_t currency = bourse__paper_currency_index(sim_engine(call->s), ways[way].code);
  cJSON *json = call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "currency", ways[way].code);
  cJSON_AddStringToObject(json, "availableAmount",
                          sim_money_text(*pot_of(call->s, call->account->account, (uint32_t)currency), -1));
  cJSON_AddStringToObject(json, "withdrawMinSize", "0.001");
  cJSON_AddStringToObject(json, "withdrawMinFee", "0");
  sim_json_add_integer(json, "precision", 8);
  cJSON_AddTrueToObject(json, "isWithdrawEnabled");
  cJSON_AddStringToObject(json, "chain", ways[way].chain);
}

static cJSON *movement_json(sim *s, const kucoin_movement *move_) {
  char id[KUCOIN_ID_SIZE];
  cJSON *json = cJSON_CreateObject();
  (void)snprintf(id, sizeof id, "5151%020llx", (unsigned long long)move_->id);
  cJSON_AddStringToObject(json, "id", id);
  cJSON_AddStringToObject(json, "currency", move_->currency);
  for (size_t i = 0; i < WAYS; i++)
    if (strcmp(ways[i].code, move_->currency) == 0) cJSON_AddStringToObject(json, "chain", ways[i].chain_id);
  cJSON_AddStringToObject(json, "status", move_->status);
  cJSON_AddStringToObject(json, "address", move_->address);
  cJSON_AddStringToObject(json, "memo", move_->memo);
  cJSON_AddFalseToObject(json, "isInner");
  cJSON_AddStringToObject(json, "amount", sim_decimal_text(&move_->amount));
  cJSON_AddStringToObject(json, "fee", "0");
  cJSON_AddStringToObject(json, "walletTxId", id);
  kucoin_add_ms(s, json, "createdAt", move_->time_ns);
  kucoin_add_ms(s, json, "updatedAt", move_->time_ns);
  cJSON_AddStringToObject(json, "remark", "");
  return json;
}

static void list_moves(kucoin_call *call, int32_t leaves) {
  const kucoin_state *state = kucoin_of(call->s);
  const char *code = kucoin_param(call, "currency"), *status = kucoin_param(call, "status");
  int64_t from_ns, to_ns;
  cJSON *list = cJSON_CreateArray();
  kucoin_span(call, &from_ns, &to_ns);
  for (uint32_t i = state->movement_count; i-- > 0;) {
    const kucoin_movement *one = &state->movements[i];
    if (one->account == call->account->account && one->leaves == leaves && one->time_ns >= from_ns &&
        one->time_ns < to_ns && (code == NULL || strcmp(code, one->currency) == 0) &&
        (status == NULL || strcmp(status, one->status) == 0))
      cJSON_AddItemToArray(list, movement_json(call->s, one));
  }
  kucoin_page(call, list, 50);
}

static void run_deposits(kucoin_call *call) { list_moves(call, 0); }
static void run_withdrawals(kucoin_call *call) { list_moves(call, 1); }

/* From the main account, and gone at once. */
static void run_withdraw(kucoin_call *call) {
  kucoin_state *state = kucoin_of(call->s);
  const char *to = kucoin_param(call, "toAddress"), *memo = kucoin_param(call, "memo"),
             *type = kucoin_param(call, "withdrawType");
  char id[KUCOIN_ID_SIZE];
  bourse_decimal amount;
  size_t way = way_of(call);
  if (way == WAYS) return;
  if (to == NULL || !sim_decimal(&amount, kucoin_param(call, "amount")) || bourse_decimal_sign(&amount) <= 0 ||
      (type != NULL && strcmp(type, "ADDRESS") != 0)) {
    (void)kucoin_fail(call, "400100", "The toAddress and the amount are required.");
    return;
  }
  if (!move(call, 'm', ways[way].code, amount, 1)) {
    (void)kucoin_fail(call, "260100", "account.noBalance");
    return;
  }
  state->movements = realloc(state->movements, (state->movement_count + 1) * sizeof *state->movements);
  if (state->movements == NULL) abort();
  kucoin_movement *one = &state->movements[state->movement_count++];
  memset(one, 0, sizeof *one);
  one->id = sim_next_number(call->s);
  one->account = call->account->account;
  one->leaves = 1;
  one->time_ns = sim_now_ns(call->s);
  one->amount = amount;
  one->status = "SUCCESS";
  (void)snprintf(one->currency, sizeof one->currency, "%s", ways[way].code);
  (void)snprintf(one->address, sizeof one->address, "%s", to);
  (void)snprintf(one->memo, sizeof one->memo, "%s", memo == NULL ? "" : memo);
  (void)snprintf(id, sizeof id, "5151%020llx", (unsigned long long)one->id);
  call->data = cJSON_CreateObject();
  cJSON_AddStringToObject(call->data, "withdrawalId", id);
}

static void run_cancel_withdrawal(kucoin_call *call) {
  (void)kucoin_fail(call, "400100", "The withdrawal can not be canceled any more.");
}

const kucoin_row kucoin_account_rows[] = {
    {"GET", "/api/v1/user/api-key", KUCOIN_VIEW, POOL_MANAGEMENT, 20, run_key},
    {"GET", "/api/v1/hf/accounts/opened", KUCOIN_VIEW, POOL_SPOT, 30, run_opened},
    {"GET", "/api/ua/v1/account/mode", KUCOIN_VIEW, POOL_MANAGEMENT, 30, run_mode},
    {"POST", "/api/ua/v1/account/mode", KUCOIN_TRADE, POOL_MANAGEMENT, 30, run_set_mode},
    {"GET", "/api/v1/accounts", KUCOIN_VIEW, POOL_MANAGEMENT, 5, run_accounts},
    {"GET", "/api/v1/accounts/ledgers", KUCOIN_VIEW, POOL_MANAGEMENT, 2, run_ledgers},
    {"GET", "/api/v1/hf/accounts/ledgers", KUCOIN_VIEW, POOL_SPOT, 2, run_hf_ledgers},
    {"GET", "/api/v1/accounts/transferable", KUCOIN_VIEW, POOL_MANAGEMENT, 20, run_transferable},
    {"GET", "/api/v1/base-fee", KUCOIN_VIEW, POOL_SPOT, 3, run_base_fee},
    {"GET", "/api/v1/trade-fees", KUCOIN_VIEW, POOL_SPOT, 3, run_fees},
    {"GET", "/api/v3/margin/symbols", KUCOIN_PUBLIC, POOL_PUBLIC, 3, run_margin_symbols},
    {"GET", "/api/v1/isolated/symbols", KUCOIN_VIEW, POOL_SPOT, 3, run_isolated_symbols},
    {"GET", "/api/v3/margin/accounts", KUCOIN_VIEW, POOL_SPOT, 15, run_no_margin},
    {"GET", "/api/v3/isolated/accounts", KUCOIN_VIEW, POOL_SPOT, 15, run_no_margin},
    {"POST", "/api/v3/hf/margin/order", KUCOIN_TRADE, POOL_SPOT, 2, run_no_margin},
    {"POST", "/api/v3/accounts/universal-transfer", KUCOIN_MOVE, POOL_MANAGEMENT, 4, run_universal},
    {"POST", "/api/ua/v1/account/transfer", KUCOIN_MOVE, POOL_MANAGEMENT, 4, run_flex},
    {"POST", "/api/v2/accounts/inner-transfer", KUCOIN_MOVE, POOL_MANAGEMENT, 10, run_inner},
    {"GET", "/api/v3/deposit-addresses", KUCOIN_VIEW, POOL_MANAGEMENT, 5, run_addresses},
    {"GET", "/api/v1/deposit-addresses", KUCOIN_VIEW, POOL_MANAGEMENT, 5, run_new_address},
    {"POST", "/api/v3/deposit-address/create", KUCOIN_MOVE, POOL_MANAGEMENT, 20, run_new_address},
    {"GET", "/api/v1/deposits", KUCOIN_VIEW, POOL_MANAGEMENT, 5, run_deposits},
    {"GET", "/api/v1/withdrawals", KUCOIN_VIEW, POOL_MANAGEMENT, 20, run_withdrawals},
    {"GET", "/api/v1/withdrawals/quotas", KUCOIN_VIEW, POOL_MANAGEMENT, 20, run_quotas},
    {"POST", "/api/v3/withdrawals", KUCOIN_WITHDRAW, POOL_MANAGEMENT, 5, run_withdraw},
    {"DELETE", "/api/v1/withdrawals/*", KUCOIN_WITHDRAW, POOL_MANAGEMENT, 20, run_cancel_withdrawal},
    {NULL, NULL, 0, 0, 0, NULL},
};
