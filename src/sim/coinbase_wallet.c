/* sim/coinbase_wallet.c - what is left of v2: currencies, accounts by currency, addresses, sends, deposits and withdrawals in
 * cash ("Coinbase App API"). What is sent is gone at once; every currency has one network. */
#include "coinbase.h"

static const struct {
  const char *code, *name, *network, *address;
  int32_t digits;
} coins[] = {
    {"USD", "US Dollar", "", "", 2},
    {"BTC", "Bitcoin", "bitcoin", "bc1qsim0000000000000000000000000000000sim0", 8},
    {"ETH", "Ethereum", "ethereum", "0x5100000000000000000000000000000000000051", 18},
    {"SOL", "Solana", "solana", "Sim1111111111111111111111111111111111111111", 9},
    {"XRP", "XRP", "ripple", "rSim0000000000000000000000000000000", 6},
    {"DOGE", "Dogecoin", "dogecoin", "DSim0000000000000000000000000000000", 8},
};
#define COINS ((int32_t)(sizeof coins / sizeof coins[0]))

static int32_t coin_of(const char *code) {
  for (int32_t i = 0; code != NULL && i < COINS; i++)
    if (strcmp(coins[i].code, code) == 0) return i;
  return -1;
}

/* The currency of an account, which its id or its code names; -1: failed. */
static int32_t account_coin(coinbase_call *call) {
  int32_t coin = coin_of(call->parts[0]);
  uint64_t number = sim_uuid_number(call->parts[0]);
  uint32_t currency = (uint32_t)(number & 0xffff);
  if (coin < 0 && number >> 40 == 1 && ((number >> 16) & 0xffffff) == call->account->account &&
      currency < bourse__paper_currency_count(sim_engine(call->s)))
    coin = coin_of(bourse__paper_currency_code(sim_engine(call->s), currency));
  if (coin < 0) (void)coinbase_fail_v2(call, 404, "not_found", "Not found");
  return coin;
}

static void add_amount(cJSON *json, const char *name, const char *amount, const char *currency) {
  cJSON *both = cJSON_AddObjectToObject(json, name);
  cJSON_AddStringToObject(both, "amount", amount);
  cJSON_AddStringToObject(both, "currency", currency);
}

static void add_pagination(cJSON *json, int64_t limit) {
  static const char *const links[] = {"ending_before", "starting_after", "previous_uri", "next_uri",
                                      "next_starting_after"};
  cJSON *pagination = cJSON_AddObjectToObject(json, "pagination");
  for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) cJSON_AddNullToObject(pagination, links[i]);
  sim_json_add_integer(pagination, "limit", limit);
  cJSON_AddStringToObject(pagination, "order", "desc");
}

/* --- Public --- */

static void run_time(coinbase_call *call) {
  cJSON *json = cJSON_CreateObject(), *data = cJSON_AddObjectToObject(json, "data");
  char text[SIM_TIME_SIZE];
  cJSON_AddStringToObject(data, "iso", sim_iso(text, sim_clock_ns(call->s), 0));
  sim_json_add_integer(data, "epoch", sim_clock_ns(call->s) / COINBASE_SECOND);
  coinbase_answer(call, json);
}

static void run_cash(coinbase_call *call) {
  cJSON *json = cJSON_CreateObject(), *row = cJSON_CreateObject();
  cJSON_AddStringToObject(row, "id", "USD");
  cJSON_AddStringToObject(row, "name", coins[0].name);
  cJSON_AddStringToObject(row, "min_size", "0.01");
  cJSON_AddItemToArray(cJSON_AddArrayToObject(json, "data"), row);
  coinbase_answer(call, json);
}

static void run_crypto(coinbase_call *call) {
  char id[SIM_UUID_SIZE];
  cJSON *json = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(json, "data");
  for (int32_t i = 1; i < COINS; i++) {
    cJSON *row = cJSON_CreateObject();
    cJSON_AddStringToObject(row, "asset_id", sim_uuid(id, (uint64_t)i + 500));
    cJSON_AddStringToObject(row, "code", coins[i].code);
    cJSON_AddStringToObject(row, "name", coins[i].name);
    cJSON_AddStringToObject(row, "color", "#000000");
    sim_json_add_integer(row, "sort_index", i);
    sim_json_add_integer(row, "exponent", coins[i].digits);
    cJSON_AddStringToObject(row, "type", "crypto");
    cJSON_AddStringToObject(row, "address_regex", "^.+$");
    cJSON_AddItemToArray(list, row);
  }
  coinbase_answer(call, json);
}

/* What one of the currency is worth: 1 / price, of those that are traded for dollars. */
static void run_rates(coinbase_call *call) {
  cJSON *json = cJSON_CreateObject(), *data = cJSON_AddObjectToObject(json, "data"), *rates;
  cJSON_AddStringToObject(data, "currency", "USD");
  rates = cJSON_AddObjectToObject(data, "rates");
  cJSON_AddStringToObject(rates, "USD", "1.0");
  for (uint32_t m = 0; m < COINBASE_SPOT_MARKETS; m++) {
    const paper_market *market = coinbase_market(call->s, m);
    bourse_decimal one = {1, 0, 0, BOURSE_DECIMAL_PRESENT},
                   price = bourse__paper_decimal(market->last, market->price_scale);
    if (strcmp(coinbase_rows[m].quote, "USD") != 0 ||
        bourse_decimal_div(&one, &one, &price, 16, BOURSE_ROUND_HALF_EVEN) != BOURSE_OK)
      continue;
    sim_json_add_decimal(rates, coinbase_rows[m].base, &one);
  }
  coinbase_answer(call, json);
}

/* --- Accounts and addresses --- */

static cJSON *account_json(coinbase_call *call, int32_t coin) {
  sim *s = call->s;
  int64_t currency = bourse__paper_currency_index(sim_engine(s), coins[coin].code);
  uint64_t number = UINT64_C(1) << 40 | (uint64_t)call->account->account << 16 | (uint64_t)currency;
  char id[SIM_UUID_SIZE];
  cJSON *json = cJSON_CreateObject(), *about;
  cJSON_AddStringToObject(json, "id", sim_uuid(id, number));
  cJSON_AddStringToObject(json, "name", coins[coin].name);
  cJSON_AddTrueToObject(json, "primary");
  cJSON_AddStringToObject(json, "type", coin == 0 ? "fiat" : "wallet");
  about = cJSON_AddObjectToObject(json, "currency");
  cJSON_AddStringToObject(about, "code", coins[coin].code);
  cJSON_AddStringToObject(about, "name", coins[coin].name);
  sim_json_add_integer(about, "exponent", coins[coin].digits);
  cJSON_AddStringToObject(about, "type", coin == 0 ? "fiat" : "crypto");
  add_amount(
      json, "balance",
      sim_money_text(bourse__paper_balance(sim_engine(s), call->account->account, 0, (uint32_t)currency)->total, -1),
      coins[coin].code);
  cJSON_AddStringToObject(json, "resource", "account");
  return json;
}

static void run_accounts(coinbase_call *call) {
  cJSON *json = cJSON_CreateObject(), *list;
  add_pagination(json, 25);
  list = cJSON_AddArrayToObject(json, "data");
  for (int32_t i = 0; i < COINS; i++)
    if (bourse__paper_currency_index(sim_engine(call->s), coins[i].code) >= 0)
      cJSON_AddItemToArray(list, account_json(call, i));
  coinbase_answer(call, json);
}

static void run_account(coinbase_call *call) {
  int32_t coin = account_coin(call);
  if (coin < 0) return;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddItemToObject(json, "data", account_json(call, coin));
  coinbase_answer(call, json);
}

static cJSON *address_json(int32_t coin) {
  char id[SIM_UUID_SIZE];
  cJSON *json = cJSON_CreateObject(), *info;
  cJSON_AddStringToObject(json, "id", sim_uuid(id, (uint64_t)coin + 700));
  cJSON_AddStringToObject(json, "address", coins[coin].address);
  info = cJSON_AddObjectToObject(json, "address_info");
  cJSON_AddStringToObject(info, "address", coins[coin].address);
  if (strcmp(coins[coin].code, "XRP") == 0) cJSON_AddStringToObject(info, "destination_tag", "5151");
  cJSON_AddNullToObject(json, "name");
  cJSON_AddStringToObject(json, "created_at", "2021-05-31T09:59:59Z");
  cJSON_AddStringToObject(json, "updated_at", "2021-05-31T09:59:59Z");
  cJSON_AddStringToObject(json, "network", coins[coin].network);
  cJSON_AddStringToObject(json, "resource", "address");
  return json;
}

static void run_addresses(coinbase_call *call) {
  int32_t coin = account_coin(call), asks = strcmp(call->request->method, "POST") == 0;
  if (coin < 0) return;
  if (coin == 0) {
    (void)coinbase_fail_v2(call, 400, "invalid_request", "Cash has no addresses");
    return;
  }
  cJSON *json = cJSON_CreateObject();
  if (asks) {
    sim_reply_status(call->reply, 201);
    cJSON_AddItemToObject(json, "data", address_json(coin));
  } else {
    add_pagination(json, 25);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(json, "data"), address_json(coin));
  }
  coinbase_answer(call, json);
}

/* --- What moves --- */

static coinbase_movement *remember(coinbase_call *call, int32_t coin, const char *type, const bourse_decimal *amount) {
  coinbase_state *state = coinbase_of(call->s);
  state->movements = realloc(state->movements, (state->movement_count + 1) * sizeof *state->movements);
  if (state->movements == NULL) abort();
  coinbase_movement *move = &state->movements[state->movement_count++];
  memset(move, 0, sizeof *move);
  move->id = sim_next_number(call->s);
  move->account = call->account->account;
  move->type = type;
  move->status = "completed";
  move->time_ns = sim_now_ns(call->s);
  move->amount = *amount;
  (void)snprintf(move->currency, sizeof move->currency, "%s", coins[coin].code);
  (void)snprintf(move->network, sizeof move->network, "%s", coins[coin].network);
  return move;
}

static cJSON *movement_json(sim *s, const coinbase_movement *move) {
  char id[SIM_UUID_SIZE];
  bourse_decimal amount = move->amount;
  int32_t sends = strcmp(move->type, "send") == 0, leaves = sends || strcmp(move->type, "withdrawal") == 0;
  if (sends) amount.flags |= BOURSE_DECIMAL_NEGATIVE;
  cJSON *json = cJSON_CreateObject();
  cJSON_AddStringToObject(json, "id", sim_uuid(id, move->id));
  if (sends) cJSON_AddStringToObject(json, "type", move->type);
  cJSON_AddStringToObject(json, "status", move->status);
  add_amount(json, "amount", sim_decimal_text(&amount), move->currency);
  coinbase_add_time(s, json, "created_at", move->time_ns);
  coinbase_add_time(s, json, "updated_at", move->time_ns);
  cJSON_AddStringToObject(json, "resource", sends ? "transaction" : move->type);
  if (sends) {
    cJSON *network = cJSON_AddObjectToObject(json, "network"), *to;
    cJSON_AddStringToObject(network, "status", "confirmed");
    cJSON_AddStringToObject(network, "hash", sim_uuid(id, move->id));
    cJSON_AddStringToObject(network, "network_name", move->network);
    add_amount(network, "transaction_fee", "0", move->currency);
    to = cJSON_AddObjectToObject(json, "to");
    cJSON_AddStringToObject(to, "resource", "address");
    cJSON_AddStringToObject(to, "address", move->address);
  } else {
    cJSON_AddTrueToObject(json, "committed");
    add_amount(json, "fee", "0.00", move->currency);
    add_amount(json, "subtotal", sim_decimal_text(&amount), move->currency);
    if (leaves) coinbase_add_time(s, json, "payout_at", move->time_ns);
  }
  return json;
}

static void list_moves(coinbase_call *call, const char *type) {
  const coinbase_state *state = coinbase_of(call->s);
  int32_t coin = account_coin(call);
  if (coin < 0) return;
  cJSON *json = cJSON_CreateObject(), *list;
  add_pagination(json, 25);
  list = cJSON_AddArrayToObject(json, "data");
  for (uint32_t i = state->movement_count; i-- > 0;) {
    const coinbase_movement *move = &state->movements[i];
    if (move->account == call->account->account && strcmp(move->currency, coins[coin].code) == 0 &&
        strcmp(move->type, type) == 0)
      cJSON_AddItemToArray(list, movement_json(call->s, move));
  }
  coinbase_answer(call, json);
}

static void run_transactions(coinbase_call *call) { list_moves(call, "send"); }
static void run_deposits(coinbase_call *call) { list_moves(call, "deposit"); }
static void run_withdrawals(coinbase_call *call) { list_moves(call, "withdrawal"); }

/* A positive amount of that currency; 0: failed. */
static int32_t read_amount(coinbase_call *call, bourse_decimal *out, int32_t coin) {
  const char *amount = coinbase_member(call, "amount"), *currency = coinbase_member(call, "currency");
  if (!sim_decimal(out, amount) || bourse_decimal_sign(out) <= 0)
    return coinbase_fail_v2(call, 400, "validation_error", "Please enter a valid amount");
  if (currency == NULL || strcmp(currency, coins[coin].code) != 0)
    return coinbase_fail_v2(call, 400, "validation_error", "Currency is invalid");
  return 1;
}

static int32_t take(coinbase_call *call, int32_t coin, bourse_decimal amount, const char *kind) {
  amount.flags |= BOURSE_DECIMAL_NEGATIVE;
  if (sim_deposit(call->s, call->account->account, 0, coins[coin].code, &amount, kind) == BOURSE_OK) return 1;
  return coinbase_fail_v2(call, 400, "validation_error", "You don't have that much.");
}

static void answer_move(coinbase_call *call, const coinbase_movement *move) {
  cJSON *json = cJSON_CreateObject();
  sim_reply_status(call->reply, 201);
  cJSON_AddItemToObject(json, "data", movement_json(call->s, move));
  coinbase_answer(call, json);
}

static void run_send(coinbase_call *call) {
  const coinbase_state *state = coinbase_of(call->s);
  const char *type = coinbase_member(call, "type"), *to = coinbase_member(call, "to"),
             *idem = coinbase_member(call, "idem");
  int32_t coin = account_coin(call);
  bourse_decimal amount;
  if (coin < 0) return;
  for (uint32_t i = 0; idem != NULL && i < state->movement_count; i++)
    if (state->movements[i].account == call->account->account && strcmp(state->movements[i].idem, idem) == 0) {
      answer_move(call, &state->movements[i]);
      return;
    }
  if (type == NULL || strcmp(type, "send") != 0 || to == NULL) {
    (void)coinbase_fail_v2(call, 400, "param_required", to == NULL ? "Missing parameter: to" : "Invalid type");
    return;
  }
  if (!read_amount(call, &amount, coin) || !take(call, coin, amount, "withdrawal")) return;
  coinbase_movement *move = remember(call, coin, "send", &amount);
  (void)snprintf(move->address, sizeof move->address, "%s", to);
  (void)snprintf(move->idem, sizeof move->idem, "%s", idem == NULL ? "" : idem);
  answer_move(call, move);
}

static void run_deposit(coinbase_call *call) {
  int32_t coin = account_coin(call);
  bourse_decimal amount;
  if (coin < 0 || !read_amount(call, &amount, coin)) return;
  (void)sim_deposit(call->s, call->account->account, 0, coins[coin].code, &amount, "deposit");
  answer_move(call, remember(call, coin, "deposit", &amount));
}

static void run_withdraw(coinbase_call *call) {
  int32_t coin = account_coin(call);
  bourse_decimal amount;
  if (coin < 0 || !read_amount(call, &amount, coin) || !take(call, coin, amount, "withdrawal")) return;
  answer_move(call, remember(call, coin, "withdrawal", &amount));
}

const coinbase_row coinbase_wallet_rows[] = {
    {"GET", "/v2/time", COINBASE_PUBLIC, run_time},
    {"GET", "/v2/currencies", COINBASE_PUBLIC, run_cash},
    {"GET", "/v2/currencies/crypto", COINBASE_PUBLIC, run_crypto},
    {"GET", "/v2/exchange-rates", COINBASE_PUBLIC, run_rates},
    {"GET", "/v2/accounts", COINBASE_VIEW, run_accounts},
    {"GET", "/v2/accounts/*", COINBASE_VIEW, run_account},
    {"GET", "/v2/accounts/*/addresses", COINBASE_VIEW, run_addresses},
    {"POST", "/v2/accounts/*/addresses", COINBASE_TRANSFER, run_addresses},
    {"GET", "/v2/accounts/*/transactions", COINBASE_VIEW, run_transactions},
    {"POST", "/v2/accounts/*/transactions", COINBASE_TRANSFER, run_send},
    {"GET", "/v2/accounts/*/deposits", COINBASE_VIEW, run_deposits},
    {"POST", "/v2/accounts/*/deposits", COINBASE_TRANSFER, run_deposit},
    {"GET", "/v2/accounts/*/withdrawals", COINBASE_VIEW, run_withdrawals},
    {"POST", "/v2/accounts/*/withdrawals", COINBASE_TRANSFER, run_withdraw},
    {NULL, NULL, 0, NULL},
};
