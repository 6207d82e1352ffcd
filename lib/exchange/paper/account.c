/* paper/account.c - balances, positions, modes, fees, the ledger, transfers, deposits and withdrawals. */
#include <inttypes.h>
#include <string.h>

#include "exchange/paper/adapter.h"
#include "exchange/paper/state.h"

#define LINES_USUAL 500

static const paper_account *user_of(const paper_state *state) {
  return bourse__paper_account(state->engine, state->user);
}

/* --- Balances --- */

static int32_t add_balance(bourse_call *call, uint32_t wallet, uint32_t currency) {
  const paper_state *state = state_of(call);
  const paper_balance *balance = bourse__paper_balance(state->engine, state->user, wallet, currency);
  paper_money unrealized = 0, unheld = balance->total - balance->locked - balance->margin;
  bourse_balance *out = bourse_append(call, BOURSE_KIND_BALANCE);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  if (unheld < 0) unheld = 0; /* a loss has eaten into what cross positions hold */
  for (uint32_t i = 0; i < PAPER_MARKETS; i++) {
    const paper_market *market = engine_market(call, i);
    if (!market->linear || market->wallet != wallet || market->settle != currency) continue;
    for (int32_t slot = 0; slot < 2; slot++)
      unrealized += bourse__paper_unrealized(market, &user_of(state)->holdings[i].slots[slot], slot);
  }
  out->currency = bourse__paper_code(state, currency);
  out->wallet = wallet == PAPER_SPOT_WALLET ? BOURSE_WALLET_SPOT : BOURSE_WALLET_LINEAR;
  out->time_ns = call->now_ns;
  out->total = out->net = bourse__paper_money_decimal(balance->total);
  out->free = bourse__paper_money_decimal(unheld);
  out->used = bourse__paper_money_decimal(balance->total - unheld);
  if (wallet == PAPER_LINEAR_WALLET) {
    out->unrealized_pnl = bourse__paper_money_decimal(unrealized);
    out->equity = bourse__paper_money_decimal(balance->total + unrealized);
  }
  return BOURSE_OK;
}

/* Wallets of the engine that a request means, as bits; 0 with the failure set. */
static uint32_t wallets_of(bourse_call *call, int32_t wallet, const char *field) {
  const uint32_t spot = 1u << PAPER_SPOT_WALLET, linear = 1u << PAPER_LINEAR_WALLET;
  if (wallet == 0) return call->product == BOURSE_PRODUCT_LINEAR ? linear : spot;
  if (wallet == BOURSE_WALLET_SPOT) return spot;
  if (wallet == BOURSE_WALLET_LINEAR) return linear;
  if (wallet == BOURSE_WALLET_ALL) return spot | linear;
  (void)bourse_fail(call, BOURSE_ERROR_UNSUPPORTED, field, "the paper exchange has the wallets spot and linear");
  return 0;
}

int32_t bourse__paper_fetch_balances(bourse_call *call) {
  const paper_state *state = state_of(call);
  const char *code = call->request->currency;
  uint32_t wallets = wallets_of(call, call->request->wallet, "wallet");
  int64_t only = code == NULL ? -1 : bourse__paper_currency_of(call, code);
  if (wallets == 0 || (code != NULL && only < 0)) return BOURSE_ERROR_UNSUPPORTED;
  for (uint32_t wallet = 0; wallet < PAPER_WALLETS; wallet++)
    for (uint32_t i = 0; (wallets & 1u << wallet) != 0 && i < bourse__paper_currency_count(state->engine); i++) {
      const paper_balance *balance = bourse__paper_balance(state->engine, state->user, wallet, i);
      if (code != NULL ? (int64_t)i != only : balance->total == 0) continue;
      int32_t failed = add_balance(call, wallet, i);
      if (failed != BOURSE_OK) return failed;
    }
  return BOURSE_OK;
}

/* --- Positions --- */

static int32_t add_position(bourse_call *call, uint32_t index, int32_t slot) {
  const paper_state *state = state_of(call);
  const paper_market *market = engine_market(call, index);
  const paper_holding *holding = &user_of(state)->holdings[index];
  const paper_position *position = &holding->slots[slot];
  bourse_position *out = bourse_append(call, BOURSE_KIND_POSITION);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->symbol = bourse__paper_characters[index].symbol;
  out->market_id = market->about->id;
  out->hedged = user_of(state)->hedged ? BOURSE_YES : BOURSE_NO;
  out->margin_mode = holding->isolated ? BOURSE_MARGIN_ISOLATED : BOURSE_MARGIN_CROSS;
  out->time_ns = call->now_ns;
  out->amount = out->contracts = amount_of(market, position->size);
  bourse_decimal_from_int64(&out->leverage, holding->leverage);
  out->margin_currency = bourse__paper_code(state, market->settle);
  if (market->mark != 0) out->mark_price = price_of(market, market->mark);
  if (position->size == 0) return BOURSE_OK;
  int64_t price = market->mark != 0 ? market->mark : market->last;
  paper_money value;
  int64_t liquidation = bourse__paper_liquidation_price(state->engine, state->user, index, slot);
  out->side = slot == PAPER_LONG ? BOURSE_POSITION_LONG : BOURSE_POSITION_SHORT;
  out->entry_price = bourse__paper_average(market, position->entry_cost, position->size, 8);
  if (liquidation != 0) out->liquidation_price = price_of(market, liquidation);
  if (price != 0 && bourse__paper_cost(&value, market, price, position->size))
    out->notional = bourse__paper_money_decimal(value);
  out->unrealized_pnl = bourse__paper_money_decimal(bourse__paper_unrealized(market, position, slot));
  out->realized_pnl = bourse__paper_money_decimal(position->realized);
  out->margin = out->initial_margin = bourse__paper_money_decimal(position->margin);
  out->maintenance_margin = bourse__paper_money_decimal(bourse__paper_maintenance(market, position));
  return BOURSE_OK;
}

int32_t bourse__paper_fetch_positions(bourse_call *call) {
  uint32_t count;
  const uint32_t *chosen = bourse__paper_chosen(&count, call, BOURSE_PRODUCT_LINEAR);
  if (chosen == NULL) return BOURSE_ERROR_MEMORY;
  for (uint32_t i = 0; i < count; i++) {
    const paper_holding *holding = &user_of(state_of(call))->holdings[chosen[i]];
    uint32_t before = bourse_appended(call);
    if (!engine_market(call, chosen[i])->linear) continue;
    for (int32_t slot = 0; slot < 2; slot++)
      if (holding->slots[slot].size != 0 && add_position(call, chosen[i], slot) != BOURSE_OK)
        return BOURSE_ERROR_MEMORY;
    if (call->operation == BOURSE_OP_FETCH_POSITION && bourse_appended(call) == before) /* it says that none is open */
      if (add_position(call, chosen[i], PAPER_LONG) != BOURSE_OK) return BOURSE_ERROR_MEMORY;
  }
  return BOURSE_OK;
}

int32_t bourse__paper_fetch_leverages(bourse_call *call) {
  const paper_state *state = state_of(call);
  uint32_t count;
  const uint32_t *chosen = bourse__paper_chosen(&count, call, BOURSE_PRODUCT_LINEAR);
  if (chosen == NULL) return BOURSE_ERROR_MEMORY;
  for (uint32_t i = 0; i < count; i++) {
    const paper_holding *holding = &user_of(state)->holdings[chosen[i]];
    if (!engine_market(call, chosen[i])->linear) continue;
    bourse_leverage *out = bourse_append(call, BOURSE_KIND_LEVERAGE);
    if (out == NULL) return BOURSE_ERROR_MEMORY;
    out->symbol = bourse__paper_characters[chosen[i]].symbol;
    out->market_id = state->markets[chosen[i]].id;
    out->margin_mode = holding->isolated ? BOURSE_MARGIN_ISOLATED : BOURSE_MARGIN_CROSS;
    out->hedged = user_of(state)->hedged ? BOURSE_YES : BOURSE_NO;
    out->multi_assets = BOURSE_NO;
    bourse_decimal_from_int64(&out->leverage, holding->leverage);
  }
  return BOURSE_OK;
}

int32_t bourse__paper_fetch_position_mode(bourse_call *call) {
  bourse_leverage *out = bourse_append(call, BOURSE_KIND_LEVERAGE);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->hedged = user_of(state_of(call))->hedged ? BOURSE_YES : BOURSE_NO;
  return BOURSE_OK;
}

/* A setting was made, or was so before. */
static int32_t receipt(bourse_call *call, int32_t code) {
  if (code != BOURSE_OK && code != BOURSE_ERROR_NO_CHANGE) return bourse__paper_refused(call, NULL);
  bourse_receipt *out = bourse_append(call, BOURSE_KIND_RECEIPT);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->time_ns = call->now_ns;
  out->realization = BOURSE_NATIVE;
  out->unchanged = code == BOURSE_ERROR_NO_CHANGE ? BOURSE_YES : BOURSE_NO;
  return BOURSE_OK;
}

static int32_t wants_symbol(bourse_call *call) {
  if (call->market != NULL) return BOURSE_OK;
  return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "symbol",
                     "the paper exchange sets this market by market: a symbol is wanted");
}

int32_t bourse__paper_set_leverages(bourse_call *call) {
  paper_state *state = state_of(call);
  int64_t leverage;
  char given[BOURSE_DECIMAL_TEXT_SIZE] = "";
  int32_t code = wants_symbol(call);
  if (code != BOURSE_OK) return code;
  if (bourse_decimal_to_int64(&leverage, &call->request->leverage) != BOURSE_OK || leverage < 1 ||
      leverage > INT32_MAX) {
    (void)bourse_decimal_format(given, sizeof given, &call->request->leverage);
    return bourse_fail(call, BOURSE_ERROR_POSITION, "leverage", "leverage is %s; whole numbers from 1 on are allowed",
                       given);
  }
  code = bourse__paper_set_leverage(state->engine, state->user, bourse__paper_index(state, call->market),
                                    (int32_t)leverage);
  return receipt(call, code);
}

int32_t bourse__paper_set_margin_mode(bourse_call *call) {
  paper_state *state = state_of(call);
  int32_t code = wants_symbol(call);
  if (code != BOURSE_OK) return code;
  code = bourse__paper_set_isolated(state->engine, state->user, bourse__paper_index(state, call->market),
                                    call->request->margin_mode == BOURSE_MARGIN_ISOLATED);
  if ((code == BOURSE_OK || code == BOURSE_ERROR_NO_CHANGE) && bourse_decimal_is_present(&call->request->leverage))
    return bourse__paper_set_leverages(call);
  return receipt(call, code);
}

int32_t bourse__paper_set_position_mode(bourse_call *call) {
  paper_state *state = state_of(call);
  return receipt(call, bourse__paper_set_hedged(state->engine, state->user, call->request->hedged > 0));
}

int32_t bourse__paper_fetch_fees(bourse_call *call) {
  uint32_t count;
  const uint32_t *chosen = bourse__paper_chosen(&count, call, call->product);
  if (chosen == NULL) return BOURSE_ERROR_MEMORY;
  for (uint32_t i = 0; i < count; i++) {
    const bourse_market *market = &state_of(call)->markets[chosen[i]];
    bourse_fee *out = bourse_append(call, BOURSE_KIND_FEE);
    if (out == NULL) return BOURSE_ERROR_MEMORY;
    out->symbol = market->symbol;
    out->market_id = market->id;
    out->maker = market->maker_fee;
    out->taker = market->taker_fee;
  }
  return BOURSE_OK;
}

int32_t bourse__paper_fetch_permissions(bourse_call *call) {
  bourse_permissions *out = bourse_append(call, BOURSE_KIND_PERMISSIONS);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->account = "paper";
  out->read = out->spot = out->futures = out->transfer = out->withdraw = BOURSE_YES;
  out->margin = out->options = out->address_bound = BOURSE_NO;
  return BOURSE_OK;
}

/* --- Ledger --- */

static int32_t ledger_matches(const bourse_call *call, const paper_ledger *entry, uint32_t wallets, int64_t currency,
                              uint32_t market) {
  if ((wallets & 1u << entry->wallet) == 0 || !in_range(call, entry->time_ns)) return 0;
  if (currency >= 0 && entry->currency != (uint32_t)currency) return 0;
  return market == UINT32_MAX || entry->market == market;
}

static int32_t add_ledger(bourse_call *call, const paper_ledger *entry) {
  const paper_state *state = state_of(call);
  bourse_ledger_entry *out = bourse_append(call, BOURSE_KIND_LEDGER_ENTRY);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->id = bourse_arena_format(call->arena, "%" PRIu64, entry->id);
  if (entry->reference != 0) out->reference = bourse_arena_format(call->arena, "%" PRIu64, entry->reference);
  if (out->id == NULL || (entry->reference != 0 && out->reference == NULL)) return bourse__paper_memory(call);
  out->currency = bourse__paper_code(state, entry->currency);
  if (entry->market != UINT32_MAX) out->symbol = bourse__paper_characters[entry->market].symbol;
  out->kind = out->native_kind = entry->kind;
  out->time_ns = entry->time_ns;
  out->amount = bourse__paper_money_decimal(entry->amount);
  out->balance = bourse__paper_money_decimal(entry->balance);
  return BOURSE_OK;
}

/* Both wallets unless one is asked for: entries tell their currency, and ids run through both. */
int32_t bourse__paper_fetch_ledger(bourse_call *call) {
  const paper_state *state = state_of(call);
  const bourse_request *request = call->request;
  const paper_ring *ledger = &user_of(state)->ledger;
  uint32_t market = call->market == NULL ? UINT32_MAX : bourse__paper_index(state, call->market), total = 0, first,
           count;
  uint32_t wallets = wallets_of(call, request->wallet == 0 ? BOURSE_WALLET_ALL : request->wallet, "wallet");
  int64_t currency = request->currency == NULL ? -1 : bourse__paper_currency_of(call, request->currency);
  if (wallets == 0 || (request->currency != NULL && currency < 0)) return BOURSE_ERROR_UNSUPPORTED;
  for (uint32_t i = 0; i < ledger->count; i++)
    total += ledger_matches(call, bourse__paper_ring_at(ledger, i), wallets, currency, market) != 0;
  bourse__paper_page(&first, &count, total, call, LINES_USUAL);
  uint32_t seen = 0;
  for (uint32_t i = 0; i < ledger->count && bourse_appended(call) < count; i++) {
    const paper_ledger *entry = bourse__paper_ring_at(ledger, i);
    if (!ledger_matches(call, entry, wallets, currency, market) || seen++ < first) continue;
    if (add_ledger(call, entry) != BOURSE_OK) return BOURSE_ERROR_MEMORY;
  }
  return BOURSE_OK;
}

/* --- Money that moves --- */

int32_t bourse__paper_movements_reserve(paper_state *state) {
  if (bourse__paper_ring_reserve(state->engine, &state->movements, 1)) return BOURSE_OK;
  return bourse__paper_refuse(state->engine, PAPER_MEMORY, NULL, "out of memory");
}

paper_movement *bourse__paper_moved(paper_state *state, uint32_t currency, int32_t from, int32_t to,
                                    paper_money amount) {
  paper_movement *movement = bourse__paper_ring_push(&state->movements);
  memset(movement, 0, sizeof *movement);
  movement->id = ++state->movement_count;
  movement->time_ns = bourse__paper_now(state->engine);
  movement->currency = currency;
  movement->from = from;
  movement->to = to;
  movement->amount = amount;
  return movement;
}

static int32_t read_amount(paper_money *out, bourse_call *call) {
  if (bourse__paper_to_money(out, &call->request->amount) && *out > 0 && *out <= PAPER_MONEY_MAX) return BOURSE_OK;
  char given[BOURSE_DECIMAL_TEXT_SIZE] = "";
  (void)bourse_decimal_format(given, sizeof given, &call->request->amount);
  int32_t code = bourse_fail(call, BOURSE_ERROR_BAD_REQUEST, "amount",
                             "amount is %s; above 0, at most 10^15 and at most 18 decimals is allowed", given);
  bourse_set_outcome(call, BOURSE_OUTCOME_REJECTED);
  return code;
}

/* Not that much free is a refusal for want of funds here. */
static int32_t not_moved(bourse_call *call, int32_t code) {
  const paper_error *error = bourse__paper_error(state_of(call)->engine);
  code = bourse_fail(call, code == BOURSE_ERROR_LIMIT ? BOURSE_ERROR_INSUFFICIENT_FUNDS : code, error->field, "%s",
                     error->text);
  if (code != BOURSE_ERROR_MEMORY) bourse_set_outcome(call, BOURSE_OUTCOME_REJECTED);
  return code;
}

static int32_t add_transfer(bourse_call *call, const paper_movement *movement) {
  bourse_transfer *out = bourse_append(call, BOURSE_KIND_TRANSFER);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->id = bourse_arena_format(call->arena, "%" PRIu64, movement->id);
  if (out->id == NULL) return bourse__paper_memory(call);
  out->currency = bourse__paper_code(state_of(call), movement->currency);
  out->time_ns = movement->time_ns;
  out->amount = bourse__paper_money_decimal(movement->amount);
  out->from = movement->from;
  out->to = movement->to;
  out->status = BOURSE_TRANSFER_OK;
  out->native_status = "done";
  return BOURSE_OK;
}

int32_t bourse__paper_transfer(bourse_call *call) {
  paper_state *state = state_of(call);
  const bourse_request *request = call->request;
  paper_money amount;
  int64_t currency = bourse__paper_currency_of(call, request->currency);
  if (currency < 0) return BOURSE_ERROR_UNKNOWN_SYMBOL;
  int32_t from = request->from_wallet, to = request->to_wallet, code;
  if (from == BOURSE_WALLET_ALL || to == BOURSE_WALLET_ALL || from == to)
    return bourse_fail(call, BOURSE_ERROR_BAD_REQUEST, "to_wallet", "a transfer goes from spot to linear or back");
  if (wallets_of(call, from, "from_wallet") == 0 || wallets_of(call, to, "to_wallet") == 0)
    return BOURSE_ERROR_UNSUPPORTED;
  code = read_amount(&amount, call);
  if (code != BOURSE_OK) return code;
  if (bourse__paper_movements_reserve(state) != BOURSE_OK) return bourse__paper_memory(call);
  code = bourse__paper_move(
      state->engine, state->user, from == BOURSE_WALLET_SPOT ? PAPER_SPOT_WALLET : PAPER_LINEAR_WALLET,
      to == BOURSE_WALLET_SPOT ? PAPER_SPOT_WALLET : PAPER_LINEAR_WALLET, (uint32_t)currency, amount);
  if (code != BOURSE_OK) return not_moved(call, code);
  return add_transfer(call, bourse__paper_moved(state, (uint32_t)currency, from, to, amount));
}

static int32_t movement_matches(const bourse_call *call, const paper_movement *movement, int64_t currency) {
  const bourse_request *request = call->request;
  if (!in_range(call, movement->time_ns) || (currency >= 0 && movement->currency != (uint32_t)currency)) return 0;
  switch (call->operation) {
    case BOURSE_OP_FETCH_DEPOSITS:
      if (movement->from != 0) return 0;
      break;
    case BOURSE_OP_FETCH_WITHDRAWALS:
      if (movement->to != 0) return 0;
      break;
    default:
      return movement->from != 0 && movement->to != 0 &&
             (request->from_wallet == 0 || request->from_wallet == movement->from) &&
             (request->to_wallet == 0 || request->to_wallet == movement->to);
  }
  if (request->id == NULL) return 1;
  uint64_t id = 0;
  for (const char *p = request->id; *p != '\0'; p++)
    id = *p >= '0' && *p <= '9' ? id * 10 + (uint64_t)(*p - '0') : UINT64_MAX;
  return id == movement->id;
}

static int32_t list_movements(bourse_call *call, int32_t (*add)(bourse_call *call, const paper_movement *movement)) {
  const paper_ring *movements = &state_of(call)->movements;
  uint32_t total = 0, seen = 0, first, count;
  int64_t currency = call->request->currency == NULL ? -1 : bourse__paper_currency_of(call, call->request->currency);
  if (call->request->currency != NULL && currency < 0) return BOURSE_ERROR_UNKNOWN_SYMBOL;
  for (uint32_t i = 0; i < movements->count; i++)
    total += movement_matches(call, bourse__paper_ring_at(movements, i), currency) != 0;
  bourse__paper_page(&first, &count, total, call, LINES_USUAL);
  for (uint32_t i = 0; i < movements->count && bourse_appended(call) < count; i++) {
    const paper_movement *movement = bourse__paper_ring_at(movements, i);
    if (!movement_matches(call, movement, currency) || seen++ < first) continue;
    int32_t code = add(call, movement);
    if (code != BOURSE_OK) return code;
  }
  return BOURSE_OK;
}

int32_t bourse__paper_fetch_transfers(bourse_call *call) { return list_movements(call, add_transfer); }

static const char *copy_or_null(bourse_call *call, const char *text) {
  return text[0] == '\0' ? NULL : bourse_arena_copy(call->arena, text, strlen(text));
}

static int32_t add_transaction(bourse_call *call, const paper_movement *movement) {
  static const bourse_decimal none = {0, 0, 0, BOURSE_DECIMAL_PRESENT};
  bourse_transaction *out = bourse_append(call, BOURSE_KIND_TRANSACTION);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->id = bourse_arena_format(call->arena, "%" PRIu64, movement->id);
  out->client_id = copy_or_null(call, movement->client_id);
  out->network = copy_or_null(call, movement->network);
  out->address = copy_or_null(call, movement->address);
  out->tag = copy_or_null(call, movement->tag);
  if (out->id == NULL || (movement->address[0] != '\0' && out->address == NULL)) return bourse__paper_memory(call);
  out->currency = bourse__paper_code(state_of(call), movement->currency);
  out->direction = movement->from == 0 ? BOURSE_DEPOSIT : BOURSE_WITHDRAWAL;
  out->status = BOURSE_TRANSFER_OK;
  out->native_status = "done";
  out->time_ns = out->updated_ns = movement->time_ns;
  out->amount = bourse__paper_money_decimal(movement->amount);
  out->fee = none;
  return BOURSE_OK;
}

int32_t bourse__paper_fetch_transactions(bourse_call *call) { return list_movements(call, add_transaction); }

static int32_t copy_text(bourse_call *call, char *out, size_t size, const char *text, const char *field) {
  if (text == NULL) return BOURSE_OK;
  if (strlen(text) >= size)
    return bourse_fail(call, BOURSE_ERROR_BAD_REQUEST, field, "%s is longer than %zu characters", field, size - 1);
  memcpy(out, text, strlen(text) + 1);
  return BOURSE_OK;
}

static int32_t check_network(bourse_call *call) {
  const char *network = call->request->network;
  if (network == NULL || strcmp(network, "PAPER") == 0) return BOURSE_OK;
  return bourse_fail(call, BOURSE_ERROR_BAD_REQUEST, "network", "network is %s; there is PAPER only", network);
}

int32_t bourse__paper_withdraw(bourse_call *call) {
  paper_state *state = state_of(call);
  const bourse_request *request = call->request;
  paper_movement details;
  paper_money amount;
  int64_t currency = bourse__paper_currency_of(call, request->currency);
  uint32_t wallets = wallets_of(call, request->wallet == 0 ? BOURSE_WALLET_SPOT : request->wallet, "wallet");
  if (currency < 0 || wallets == 0) return BOURSE_ERROR_UNKNOWN_SYMBOL;
  if (request->wallet == BOURSE_WALLET_ALL)
    return bourse_fail(call, BOURSE_ERROR_BAD_REQUEST, "wallet", "a withdrawal leaves from spot or from linear");
  memset(&details, 0, sizeof details);
  int32_t code = check_network(call);
  if (code == BOURSE_OK) code = read_amount(&amount, call);
  if (code == BOURSE_OK) code = copy_text(call, details.address, sizeof details.address, request->address, "address");
  if (code == BOURSE_OK) code = copy_text(call, details.tag, sizeof details.tag, request->tag, "tag");
  if (code == BOURSE_OK) code = copy_text(call, details.client_id, sizeof details.client_id, request->id, "id");
  if (code != BOURSE_OK) return code;
  if (bourse__paper_movements_reserve(state) != BOURSE_OK) return bourse__paper_memory(call);
  uint32_t wallet = wallets == 1u << PAPER_LINEAR_WALLET ? PAPER_LINEAR_WALLET : PAPER_SPOT_WALLET;
  code = bourse__paper_deposit(state->engine, state->user, wallet, (uint32_t)currency, -amount, "withdrawal");
  if (code != BOURSE_OK) return not_moved(call, code);
  paper_movement *kept = bourse__paper_moved(
      state, (uint32_t)currency, wallet == PAPER_SPOT_WALLET ? BOURSE_WALLET_SPOT : BOURSE_WALLET_LINEAR, 0, amount);
  memcpy(kept->address, details.address, sizeof kept->address);
  memcpy(kept->tag, details.tag, sizeof kept->tag);
  memcpy(kept->client_id, details.client_id, sizeof kept->client_id);
  memcpy(kept->network, "PAPER", sizeof "PAPER");
  return add_transaction(call, kept);
}

int32_t bourse__paper_fetch_deposit_address(bourse_call *call) {
  int64_t currency = bourse__paper_currency_of(call, call->request->currency);
  if (currency < 0) return BOURSE_ERROR_UNKNOWN_SYMBOL;
  int32_t code = check_network(call);
  if (code != BOURSE_OK) return code;
  bourse_deposit_address *out = bourse_append(call, BOURSE_KIND_DEPOSIT_ADDRESS);
  if (out == NULL) return BOURSE_ERROR_MEMORY;
  out->currency = bourse__paper_code(state_of(call), (uint32_t)currency);
  out->network = "PAPER";
  /* plainly no address of any chain, so that nobody sends anything there */
  out->address =
      bourse_arena_format(call->arena, "paper-%s-%" PRIu64 "-not-a-real-address", out->currency, state_of(call)->seed);
  return out->address == NULL ? bourse__paper_memory(call) : BOURSE_OK;
}
