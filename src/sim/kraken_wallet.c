/* sim/kraken_wallet.c - deposits, withdrawals and transfers: "Funding" of docs.kraken.com's Spot REST API.
 *
 * Every currency goes over one network, to one stored address called "sim-address"; what is withdrawn is gone at once. */
#include "kraken.h"

static const struct {
  const char *code, *method, *network, *address;
} ways[] = {
    {"BTC", "Bitcoin", "Bitcoin", "bc1qsim0000000000000000000000000000000sim0"},
    {"ETH", "Ether (Hex)", "Ethereum", "0x5100000000000000000000000000000000000051"},
    {"SOL", "Solana", "Solana", "Sim1111111111111111111111111111111111111111"},
    {"XRP", "Ripple XRP", "Ripple", "rSim0000000000000000000000000000000"},
    {"DOGE", "Dogecoin", "Dogecoin", "DSim0000000000000000000000000000000"},
    {"USD", "Bank Wire", "Wire", "00-51-00 51"},
};
#define WAYS       (sizeof ways / sizeof ways[0])
#define ADDRESS    "sim-address"
#define LIST_LIMIT 25

static size_t way_of(const char *asset) {
  const char *code = kraken_currency(asset);
  size_t i = 0;
  while (i < WAYS && (code == NULL || strcmp(ways[i].code, code) != 0)) i++;
  return i;
}

/* A positive amount; 0: it is none. */
static int32_t read_amount(bourse_decimal *out, const kraken_params *params) {
  const char *text = kraken_param(params, "amount");
  return text != NULL && sim_decimal(out, text) && bourse_decimal_sign(out) > 0;
}

static const char *deposit_methods(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  size_t way = way_of(kraken_param(params, "asset"));
  (void)s, (void)who;
  if (way == WAYS) return "EFunding:Unknown asset";
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "method", ways[way].method);
  cJSON_AddFalseToObject(row, "limit");
  cJSON_AddStringToObject(row, "fee", "0.00000000");
  cJSON_AddTrueToObject(row, "gen-address");
  cJSON_AddStringToObject(row, "minimum", "0.00010000");
  cJSON_AddItemToArray(out, row);
  return NULL;
}

static const char *deposit_addresses(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  size_t way = way_of(kraken_param(params, "asset"));
  const char *method = kraken_param(params, "method"), *fresh = kraken_param(params, "new");
  (void)s, (void)who;
  if (way == WAYS) return "EFunding:Unknown asset";
  if (method == NULL || strcmp(method, ways[way].method) != 0) return "EFunding:No funding method";
  cJSON *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "address", ways[way].address);
  cJSON_AddStringToObject(row, "expiretm", "0");
  if (fresh != NULL && strcmp(fresh, "true") == 0) cJSON_AddTrueToObject(row, "new");
  if (strcmp(ways[way].code, "XRP") == 0) cJSON_AddStringToObject(row, "tag", "5151");
  cJSON_AddItemToArray(out, row);
  return NULL;
}

static const char *list_moves(sim *s, const sim_account *who, const kraken_params *params, cJSON *out,
                              const char *kind) {
  const paper_ring *ledger = &kraken_account(s, who->account)->ledger;
  const char *asset = kraken_param(params, "asset"), *code = kraken_currency(asset);
  int32_t count = 0;
  if (asset != NULL && code == NULL) return "EFunding:Unknown asset";
  for (uint32_t i = ledger->count; i-- > 0 && count < LIST_LIMIT;) {
    const paper_ledger *entry = bourse__paper_ring_at(ledger, i);
    const char *currency = bourse__paper_currency_code(sim_engine(s), entry->currency);
    char id[KRAKEN_ID_SIZE];
    if (entry->wallet != 0 || strcmp(entry->kind, kind) != 0 || (code != NULL && strcmp(code, currency) != 0)) continue;
    size_t way = way_of(currency);
    cJSON *row = cJSON_CreateObject();
    if (way < WAYS) cJSON_AddStringToObject(row, "method", ways[way].method);
    cJSON_AddStringToObject(row, "aclass", "currency");
    cJSON_AddStringToObject(row, "asset", kraken_asset(currency));
    cJSON_AddStringToObject(row, "refid", kraken_txid(id, 'Q', entry->id));
    cJSON_AddStringToObject(row, "txid", sim_uuid(id, entry->id));
    if (way < WAYS) cJSON_AddStringToObject(row, "info", ways[way].address);
    if (way < WAYS) cJSON_AddStringToObject(row, "network", ways[way].network);
    cJSON_AddStringToObject(row, "amount", sim_money_text(entry->amount < 0 ? -entry->amount : entry->amount, -1));
    cJSON_AddStringToObject(row, "fee", "0");
    sim_json_add_integer(row, "time", (entry->time_ns + sim_skew_ns(s)) / KRAKEN_SECOND);
    cJSON_AddStringToObject(row, "status", "Success");
    cJSON_AddItemToArray(out, row);
    count++;
  }
  return NULL;
}

static const char *deposit_status(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  return list_moves(s, who, params, out, "deposit");
}

static const char *withdraw_status(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  return list_moves(s, who, params, out, "withdrawal");
}

/* --- What acts --- */

static const char *take(sim *s, const sim_account *who, const char *code, uint32_t wallet, bourse_decimal amount,
                        const char *kind) {
  amount.flags |= BOURSE_DECIMAL_NEGATIVE;
  return sim_deposit(s, who->account, wallet, code, &amount, kind) == BOURSE_OK ? NULL : "EFunding:Insufficient funds";
}

static void add_reference(sim *s, const sim_account *who, cJSON *out) {
  const paper_ring *ledger = &kraken_account(s, who->account)->ledger;
  const paper_ledger *newest = ledger->count == 0 ? NULL : bourse__paper_ring_at(ledger, ledger->count - 1);
  char id[KRAKEN_ID_SIZE];
  cJSON_AddStringToObject(out, "refid", kraken_txid(id, 'Q', newest == NULL ? 0 : newest->id));
}

static const char *withdraw_info(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  size_t way = way_of(kraken_param(params, "asset"));
  const char *key = kraken_param(params, "key");
  bourse_decimal amount;
  if (way == WAYS) return "EFunding:Unknown asset";
  if (key == NULL || strcmp(key, ADDRESS) != 0) return "EFunding:Unknown withdraw key";
  if (!read_amount(&amount, params)) return "EFunding:Invalid amount";
  int64_t currency = bourse__paper_currency_index(sim_engine(s), ways[way].code);
  cJSON_AddStringToObject(out, "method", ways[way].method);
  cJSON_AddStringToObject(
      out, "limit", sim_money_text(bourse__paper_available(sim_engine(s), who->account, 0, (uint32_t)currency), -1));
  sim_json_add_decimal(out, "amount", &amount);
  cJSON_AddStringToObject(out, "fee", "0");
  return NULL;
}

static const char *withdraw(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  size_t way = way_of(kraken_param(params, "asset"));
  const char *key = kraken_param(params, "key");
  bourse_decimal amount;
  if (!who->key.withdraws) return "EGeneral:Permission denied";
  if (way == WAYS) return "EFunding:Unknown asset";
  if (key == NULL || strcmp(key, ADDRESS) != 0) return "EFunding:Unknown withdraw key";
  if (!read_amount(&amount, params)) return "EFunding:Invalid amount";
  const char *error = take(s, who, ways[way].code, 0, amount, "withdrawal");
  if (error == NULL) add_reference(s, who, out);
  return error;
}

/* From spot to futures; the other way is for a key of futures. */
static const char *wallet_transfer(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  const char *code = kraken_currency(kraken_param(params, "asset")), *from = kraken_param(params, "from"),
             *to = kraken_param(params, "to");
  bourse_decimal amount;
  if (who->key.read_only) return "EGeneral:Permission denied";
  if (code == NULL) return "EFunding:Unknown asset";
  if (from == NULL || to == NULL || strcmp(from, "Spot Wallet") != 0 || strcmp(to, "Futures Wallet") != 0)
    return "EGeneral:Invalid arguments";
  if (!read_amount(&amount, params)) return "EFunding:Invalid amount";
  const char *error = take(s, who, code, 0, amount, "transfer");
  if (error != NULL) return error;
  add_reference(s, who, out);
  (void)sim_deposit(s, who->account, 1, code, &amount, "transfer");
  return NULL;
}

static const char *withdraw_addresses(sim *s, sim_account *who, const kraken_params *params, cJSON *out) {
  const char *asset = kraken_param(params, "asset");
  (void)s, (void)who;
  for (size_t way = 0; way < WAYS; way++) {
    if (asset != NULL && way_of(asset) != way) continue;
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "address", ways[way].address);
    cJSON_AddStringToObject(row, "asset", kraken_asset(ways[way].code));
    cJSON_AddStringToObject(row, "method", ways[way].method);
    cJSON_AddStringToObject(row, "key", ADDRESS);
    cJSON_AddTrueToObject(row, "verified");
    cJSON_AddItemToArray(out, row);
  }
  return NULL;
}

const char *kraken_wallet_call(sim *s, sim_account *who, const char *name, const kraken_params *params, cJSON **result,
                               int32_t *known) {
  static const struct {
    const char *name;
    const char *(*call)(sim *s, sim_account *who, const kraken_params *params, cJSON *out);
    int32_t list;
  } calls[] = {{"DepositMethods", deposit_methods, 1},
               {"DepositAddresses", deposit_addresses, 1},
               {"DepositStatus", deposit_status, 1},
               {"WithdrawStatus", withdraw_status, 1},
               {"WithdrawAddresses", withdraw_addresses, 1},
               {"WithdrawInfo", withdraw_info, 0},
               {"Withdraw", withdraw, 0},
               {"WalletTransfer", wallet_transfer, 0}};
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    if (strcmp(name, calls[i].name) != 0) continue;
    *known = 1;
    *result = calls[i].list ? cJSON_CreateArray() : cJSON_CreateObject();
    return calls[i].call(s, who, params, *result);
  }
  *known = 0;
  return NULL;
}
