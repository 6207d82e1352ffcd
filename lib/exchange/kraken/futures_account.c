/* exchange/kraken/futures_account.c - balances, positions, leverage, the account's book and transfers of futures.
 *
 * The account has three kinds of wallets: cash, which backs nothing; flex, which backs all linear contracts together in
 * many currencies; and one for each pair of inverse contracts, fi_xbtusd and its like. */
#include <stdlib.h>
#include <string.h>

#include "exchange/kraken/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Balances --- */

/* The wallet that was asked for: by default, and where all were, that of the product. */
static int32_t wallet_of(const bourse_call *call) {
  int32_t asked = call->request->wallet;
  if (asked == BOURSE_WALLET_SPOT) return BOURSE_WALLET_FUNDING;
  if (asked != 0 && asked != BOURSE_WALLET_ALL) return asked;
  return call->product == BOURSE_PRODUCT_INVERSE ? BOURSE_WALLET_INVERSE : BOURSE_WALLET_LINEAR;
}

static int32_t is_wallet_wanted(const bourse_call *call, int32_t wallet) {
  return call->request->wallet == BOURSE_WALLET_ALL || wallet_of(call) == wallet;
}

static int32_t append_balance(bourse_call *call, const bourse_balance *balance) {
  const char *asked = call->request->currency;
  if (!is_wallet_wanted(call, balance->wallet) || (asked != NULL && strcmp(asked, balance->currency) != 0))
    return BOURSE_OK;
  bourse_balance *record = bourse_append(call, BOURSE_KIND_BALANCE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *balance;
  return BOURSE_OK;
}

static const bourse_field currency_fields[] = {
    BOURSE_FIELD_MUST("quantity", DECIMAL, bourse_balance, total),
    BOURSE_FIELD("available", DECIMAL, bourse_balance, free),
};
static const bourse_table currency_table = BOURSE_TABLE(currency_fields);

static int32_t flex_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  bourse_balance balance;
  memset(&balance, 0, sizeof balance);
  int32_t code = bourse_decode_object(decoder, &currency_table, &balance);
  if (code != BOURSE_OK) return code;
  balance.currency = bourse__kraken_futures_currency(call, key);
  if (balance.currency == NULL) return BOURSE_ERROR_MEMORY;
  balance.wallet = BOURSE_WALLET_LINEAR;
  balance.name = "flex";
  if (PRESENT(balance.free)) bourse_decimal_sub(&balance.used, &balance.total, &balance.free);
  return append_balance(call, &balance);
}

static int32_t cash_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  bourse_balance balance;
  memset(&balance, 0, sizeof balance);
  int32_t code = bourse_decode_value(decoder, BOURSE_AS_DECIMAL, NULL, "balances", &balance.total);
  if (code != BOURSE_OK) return code;
  balance.currency = bourse__kraken_futures_currency(call, key);
  if (balance.currency == NULL) return BOURSE_ERROR_MEMORY;
  balance.wallet = BOURSE_WALLET_FUNDING;
  balance.name = "cash";
  balance.free = balance.total;
  return append_balance(call, &balance);
}

/* One account of any kind. Its balances can be read when its kind is known: they may come before it. */
typedef struct account {
  bourse_slice type;
  bourse_slice balances;
  bourse_slice currencies;
  bourse_slice currency;
  bourse_decimal available;
  bourse_decimal pnl;
  bourse_decimal value;
  bourse_decimal margin;
} account;

static const bourse_field auxiliary_fields[] = {
    BOURSE_FIELD("af", DECIMAL, account, available),
    BOURSE_FIELD("pnl", DECIMAL, account, pnl),
    BOURSE_FIELD("pv", DECIMAL, account, value),
};
static const bourse_table auxiliary_table = BOURSE_TABLE(auxiliary_fields);
static const bourse_field requirement_fields[] = {BOURSE_FIELD("im", DECIMAL, account, margin)};
static const bourse_table requirement_table = BOURSE_TABLE(requirement_fields);

static int32_t read_auxiliary(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &auxiliary_table, member);
}
static int32_t read_requirements(bourse_decoder *decoder, void *member) {
  return bourse_decode_object(decoder, &requirement_table, member);
}

static const bourse_field account_fields[] = {
    BOURSE_FIELD("type", SLICE, account, type),
    BOURSE_FIELD("currency", SLICE, account, currency),
    BOURSE_FIELD("balances", RAW, account, balances),
    BOURSE_FIELD("currencies", RAW, account, currencies),
    BOURSE_FIELD_CUSTOM("auxiliary", account, type, read_auxiliary),
    BOURSE_FIELD_CUSTOM("marginRequirements", account, type, read_requirements),
};
static const bourse_table account_table = BOURSE_TABLE(account_fields);
_Static_assert(offsetof(account, type) == 0, "what lies inside an account is read through its address");

static int32_t same_name(bourse_slice a, bourse_slice b) {
  for (size_t i = 0; i < a.length && a.length == b.length; i++)
    if ((a.data[i] | 0x20) != (b.data[i] | 0x20)) return 0;
  return a.length == b.length;
}

/* Among the balances are positions; that of the account's own currency counts. */
static int32_t read_margin_total(bourse_call *call, const account *wire, bourse_decimal *total) {
  bourse_decoder decoder;
  bourse_slice key;
  bourse_decode_init(&decoder, call->arena, wire->balances.data, wire->balances.length, call);
  if (bourse_json_object_begin(&decoder.json))
    while (decoder.error == BOURSE_OK && bourse_json_object_next(&decoder.json, &key)) {
      if (!same_name(key, wire->currency))
        bourse_json_skip(&decoder.json);
      else
        bourse_decode_value(&decoder, BOURSE_AS_DECIMAL, NULL, "balances", total);
    }
  return bourse_decode_end(call, &decoder);
}

static int32_t append_margin(bourse_call *call, const account *wire, bourse_slice name) {
  bourse_balance balance;
  memset(&balance, 0, sizeof balance);
  int32_t code = wire->balances.data == NULL ? BOURSE_OK : read_margin_total(call, wire, &balance.total);
  if (code != BOURSE_OK) return code;
  balance.currency = bourse__kraken_futures_currency(call, wire->currency);
  balance.name = bourse_arena_copy(call->arena, name.data, name.length);
  if (balance.currency == NULL || balance.name == NULL) return bourse_fail_memory(call);
  balance.wallet = BOURSE_WALLET_INVERSE;
  balance.free = wire->available;
  balance.used = wire->margin;
  balance.unrealized_pnl = wire->pnl;
  balance.equity = wire->value;
  return append_balance(call, &balance);
}

static int32_t read_entries(bourse_call *call, bourse_slice raw, const char *name, bourse_entry_function entry) {
  bourse_decoder decoder;
  if (raw.data == NULL) return BOURSE_OK;
  bourse_decode_init(&decoder, call->arena, raw.data, raw.length, call);
  int32_t code = bourse_read_map(call, &decoder, name, entry);
  return bourse_read_end(call, &decoder, code);
}

static int32_t account_entry(bourse_call *call, bourse_decoder *decoder, bourse_slice key) {
  account wire;
  memset(&wire, 0, sizeof wire);
  int32_t code = bourse_decode_object(decoder, &account_table, &wire);
  if (code != BOURSE_OK) return code;
  if (bourse_slice_is(wire.type, "cashAccount")) return read_entries(call, wire.balances, "balances", cash_entry);
  if (bourse_slice_is(wire.type, "multiCollateralMarginAccount"))
    return read_entries(call, wire.currencies, "currencies", flex_entry);
  return bourse_slice_is(wire.type, "marginAccount") && wire.currency.length > 0 ? append_margin(call, &wire, key)
                                                                                 : BOURSE_OK;
}

typedef struct accounts_reply {
  int64_t time_ns;
  int32_t accounts;
} accounts_reply;

static int32_t read_accounts(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_map(decoder->user_data, decoder, "accounts", account_entry);
}

static const bourse_field accounts_fields[] = {
    BOURSE_FIELD_FULL("accounts", CUSTOM, accounts_reply, accounts, BOURSE_FIELD_REQUIRED, NULL, read_accounts),
    FUTURES_TIME("serverTime", accounts_reply, time_ns),
};
static const bourse_table accounts_table = BOURSE_TABLE(accounts_fields);

/* fetch_balance always has a record: a currency that is not listed is a balance of zero. */
static int32_t append_nothing(bourse_call *call) {
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  balance->currency = call->request->currency;
  balance->wallet = wallet_of(call);
  bourse_decimal_from_int64(&balance->total, 0);
  balance->free = balance->used = balance->total;
  return BOURSE_OK;
}

FUTURES_PARSE(balances) {
  accounts_reply wire = {0, 0};
  int32_t code = bourse__kraken_futures_object(call, reply, &accounts_table, &wire);
  if (code == BOURSE_OK && call->operation == BOURSE_OP_FETCH_BALANCE && bourse_appended(call) == 0)
    code = append_nothing(call);
  for (uint32_t i = 0; code == BOURSE_OK && i < bourse_appended(call); i++)
    ((bourse_balance *)bourse_appended_at(call, i))->time_ns = wire.time_ns;
  return code;
}

/* --- Positions --- */

typedef struct position_row {
  bourse_position position;
  bourse_slice side;
  bourse_decimal size;
} position_row;

static const bourse_field position_fields[] = {
    FUTURES_MARKET("symbol", position_row, position.symbol),
    BOURSE_FIELD_FULL("side", SLICE, position_row, side, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_MUST("size", DECIMAL, position_row, size),
    BOURSE_FIELD("price", DECIMAL, position_row, position.entry_price),
    FUTURES_TIME("fillTime", position_row, position.time_ns),
    BOURSE_FIELD("unrealizedFunding", CHECK, position_row, size),
    BOURSE_FIELD("unrealizedPnl", DECIMAL, position_row, position.unrealized_pnl),
    BOURSE_FIELD_CUSTOM("pnlCurrency", position_row, position.margin_currency, bourse__kraken_futures_read_currency),
    BOURSE_FIELD_CUSTOM("maxFixedLeverage", position_row, position.leverage, bourse_decode_nonzero),
};
static const bourse_table position_table = BOURSE_TABLE(position_fields);

/* A position with a leverage of its own is isolated; one without stands on the whole wallet. */
static int32_t position_row_read(bourse_call *call, bourse_decoder *decoder) {
  position_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &position_table, &row);
  if (code != BOURSE_OK || bourse_decimal_sign(&row.size) == 0 ||
      !bourse__kraken_futures_is_wanted(call, row.position.market_id))
    return code;
  bourse_position *position = bourse_append(call, BOURSE_KIND_POSITION);
  if (position == NULL) return BOURSE_ERROR_MEMORY;
  *position = row.position;
  position->side = bourse_slice_is(row.side, "short")  ? BOURSE_POSITION_SHORT
                   : bourse_slice_is(row.side, "long") ? BOURSE_POSITION_LONG
                                                       : 0;
  position->hedged = BOURSE_NO;
  bourse_decimal_absolute(&row.size);
  position->contracts = row.size;
  if (bourse__kraken_futures_is_inverse(call, position->market_id))
    position->notional = row.size;
  else
    position->amount = row.size;
  position->margin_mode = PRESENT(position->leverage) ? BOURSE_MARGIN_ISOLATED : BOURSE_MARGIN_CROSS;
  return BOURSE_OK;
}

FUTURES_PARSE(positions) { return bourse__kraken_futures_list(call, reply, "openPositions", position_row_read); }

/* --- Leverage --- */

static const bourse_field leverage_fields[] = {
    FUTURES_MARKET("symbol", bourse_leverage, symbol),
    BOURSE_FIELD_CUSTOM("maxLeverage", bourse_leverage, leverage, bourse_decode_nonzero),
};
static const bourse_table leverage_table = BOURSE_TABLE(leverage_fields);

static int32_t leverage_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_leverage row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &leverage_table, &row);
  if (code != BOURSE_OK || !bourse__kraken_futures_is_wanted(call, row.market_id)) return code;
  bourse_leverage *record = bourse_append(call, BOURSE_KIND_LEVERAGE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = row;
  record->hedged = BOURSE_NO;
  record->margin_mode = PRESENT(row.leverage) ? BOURSE_MARGIN_ISOLATED : BOURSE_MARGIN_CROSS;
  return BOURSE_OK;
}

static int32_t is_told(bourse_call *call, const bourse_market *market) {
  for (uint32_t i = 0; i < bourse_appended(call); i++) {
    const bourse_leverage *record = bourse_appended_at(call, i);
    if (record->market_id != NULL && strcmp(record->market_id, market->id) == 0) return 1;
  }
  return 0;
}

static int32_t add_cross(bourse_call *call, const bourse_market *market) {
  if (is_told(call, market)) return BOURSE_OK;
  bourse_leverage *record = bourse_append(call, BOURSE_KIND_LEVERAGE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->symbol = market->symbol;
  record->market_id = market->id;
  record->hedged = BOURSE_NO;
  record->margin_mode = BOURSE_MARGIN_CROSS;
  return BOURSE_OK;
}

/* Markets that are not told of are on cross margin, without a leverage of their own. */
FUTURES_PARSE(leverages) {
  int32_t code = bourse__kraken_futures_list(call, reply, "leveragePreferences", leverage_row);
  if (code == BOURSE_OK && call->market != NULL) return add_cross(call, call->market);
  for (uint32_t i = 0; code == BOURSE_OK && i < call->market_count; i++) code = add_cross(call, call->markets[i]);
  return code;
}

FUTURES_BUILD(leverage) {
  if (call->market != NULL) bourse_put(call, "symbol", call->market->id);
  return BOURSE_OK;
}

FUTURES_BUILD(set_leverage) {
  const bourse_market *market = bourse_need_market(call);
  const bourse_request *request = call->request;
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  int32_t sets_mode = call->operation == BOURSE_OP_SET_MARGIN_MODE, cross = request->margin_mode == BOURSE_MARGIN_CROSS;
  if (request->position_side != 0 && request->position_side != BOURSE_POSITION_BOTH)
    return bourse_unsupported(call, "position_side", "there is one position a market");
  if (cross && !sets_mode)
    return bourse_unsupported(call, "margin_mode",
                              "only isolated positions have a leverage; set_margin_mode sets cross margin");
  if (cross && PRESENT(request->leverage))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "leverage", "cross margin takes no leverage");
  if (!cross && !PRESENT(request->leverage))
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "leverage", "isolated margin is set together with its leverage");
  bourse_put(call, "symbol", market->id);
  bourse_put_decimal(call, "maxLeverage", &request->leverage);
  return BOURSE_OK;
}

FUTURES_PARSE(set_leverage) { return bourse__kraken_futures_receipt(call, reply); }

/* --- The account's book --- */

typedef struct log_row {
  bourse_ledger_entry entry;
  bourse_slice asset;
  bourse_slice contract;
  const char *execution;
  const char *booking;
  bourse_decimal before;
  bourse_decimal funding;
} log_row;

static const bourse_field log_fields[] = {
    FUTURES_TIME("date", log_row, entry.time_ns),
    BOURSE_FIELD("asset", SLICE, log_row, asset),
    BOURSE_FIELD("contract", SLICE, log_row, contract),
    BOURSE_FIELD("info", STRING, log_row, entry.native_kind),
    BOURSE_FIELD("booking_uid", ID, log_row, booking),
    BOURSE_FIELD("execution", ID, log_row, execution),
    BOURSE_FIELD("old_balance", DECIMAL, log_row, before),
    BOURSE_FIELD("new_balance", DECIMAL, log_row, entry.balance),
    BOURSE_FIELD("fee", DECIMAL, log_row, entry.fee),
    BOURSE_FIELD("realized_funding", DECIMAL, log_row, funding),
    BOURSE_FIELD_FULL("id", ID, log_row, entry.id, BOURSE_FIELD_REQUIRED, NULL, NULL),
};
static const bourse_table log_table = BOURSE_TABLE(log_fields);

/* The first word that is in the text counts. */
static const char *kind_of(const char *info) {
  static const struct {
    const char *word;
    const char *kind;
  } kinds[] = {{"funding rate", "funding"},    {"transfer", "transfer"},
               {"liquidation", "liquidation"}, {"conversion", "conversion"},
               {"futures trade", "trade"},     {"spot trade", "trade"},
               {"interest", "interest"},       {"fee", "fee"}};
  for (size_t i = 0; info != NULL && i < sizeof kinds / sizeof kinds[0]; i++)
    if (strstr(info, kinds[i].word) != NULL) return kinds[i].kind;
  return info;
}

static int32_t set_symbol(bourse_call *call, bourse_slice id, const char **symbol, const char **market_id) {
  const bourse_market *market = bourse__kraken_futures_market(call, id);
  *market_id = market != NULL ? market->id : bourse_arena_copy(call->arena, id.data, id.length);
  *symbol = market != NULL ? market->symbol : *market_id;
  return *market_id != NULL ? BOURSE_OK : bourse_fail_memory(call);
}

static int32_t is_log_wanted(bourse_call *call, const bourse_ledger_entry *entry, const char *market_id) {
  const bourse_request *request = call->request;
  if (call->market != NULL && (market_id == NULL || !bourse_is_wanted(call, market_id))) return 0;
  if (request->currency != NULL && (entry->currency == NULL || strcmp(entry->currency, request->currency) != 0))
    return 0;
  return request->id == NULL || strcmp(entry->id, request->id) == 0;
}

/* A line is of a currency, or of a position, whose contract then stands in the place of the currency. */
static int32_t log_row_read(bourse_call *call, bourse_decoder *decoder) {
  log_row row;
  const char *market_id = NULL;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &log_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_ledger_entry *entry = &row.entry;
  call->scratch[SCRATCH_ROWS]++;
  call->scratch[SCRATCH_OLDEST] = strtoll(entry->id, NULL, 10);
  int32_t of_position = row.asset.length > 0 && memchr(row.asset.data, '_', row.asset.length) != NULL;
  bourse_slice contract = row.contract.length > 0 ? row.contract : of_position ? row.asset : (bourse_slice){NULL, 0};
  if (contract.length > 0) code = set_symbol(call, contract, &entry->symbol, &market_id);
  if (row.asset.length > 0 && !of_position) {
    entry->currency = bourse__kraken_futures_currency(call, row.asset);
    if (entry->currency == NULL) code = BOURSE_ERROR_MEMORY;
  }
  if (code != BOURSE_OK || !is_log_wanted(call, entry, market_id)) return code;
  entry->reference = row.execution != NULL && *row.execution != '\0' ? row.execution : row.booking;
  entry->kind = kind_of(entry->native_kind);
  if (call->operation == BOURSE_OP_FETCH_FUNDING_HISTORY && PRESENT(row.funding))
    entry->amount = row.funding;
  else if (PRESENT(row.before) && PRESENT(entry->balance))
    bourse_decimal_sub(&entry->amount, &entry->balance, &row.before);
  bourse_ledger_entry *record = bourse_append(call, BOURSE_KIND_LEDGER_ENTRY);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *entry;
  return BOURSE_OK;
}

/* Lines are numbered: a page goes on behind, or before, the last number of the one before. What it costs goes by its size. */
FUTURES_BUILD(ledger) {
  const bourse_request *request = call->request;
  int32_t ascending = request->since_ns != 0;
  if (call->operation == BOURSE_OP_FETCH_FUNDING_HISTORY) bourse_put(call, "info", "funding rate change");
  bourse__kraken_futures_put_page(call, FUTURES_PAGE_MAX);
  for (uint32_t i = 0; i < call->wire.param_count; i++)
    if (strcmp(call->wire.params[i].name, "continuation_token") == 0)
      call->wire.params[i].name = ascending ? "from" : "to";
  if (request->id != NULL) {
    bourse_put(call, "from", request->id);
    bourse_put(call, "to", request->id);
  }
  const char *count = bourse_get_param(call, "count");
  unsigned long rows = count == NULL ? 500 : strtoul(count, NULL, 10);
  bourse_set_weight(call, rows <= 25 ? 1 : rows <= 50 ? 2 : 3);
  return BOURSE_OK;
}

FUTURES_PARSE(ledger) {
  call->scratch[SCRATCH_ROWS] = call->scratch[SCRATCH_OLDEST] = 0;
  int32_t code = bourse__kraken_futures_list(call, reply, "logs", log_row_read);
  if (code != BOURSE_OK || call->request->id != NULL || call->scratch[SCRATCH_ROWS] == 0) return code;
  int64_t last = call->scratch[SCRATCH_OLDEST];
  if (last <= 0 || last == INT64_MAX) return BOURSE_OK; /* no number to go on from */
  int64_t next = last + (call->request->since_ns != 0 ? 1 : -1);
  /* Without a count there is no telling whether that was all; 500 come then. */
  if (next <= 0 || (bourse_get_param(call, "count") == NULL && call->scratch[SCRATCH_ROWS] < 500)) return BOURSE_OK;
  const char *token = bourse_arena_format(call->arena, "%lld", (long long)next);
  if (token == NULL) return bourse_fail_memory(call);
  return bourse__kraken_futures_next_page(call, token, (uint32_t)call->scratch[SCRATCH_ROWS]);
}

/* --- Transfers --- */

static const char *lower_copy(bourse_call *call, const char *text, size_t length) {
  char *copy = bourse_arena_copy(call->arena, text, length);
  for (char *at = copy; at != NULL && *at != '\0'; at++)
    if (*at >= 'A' && *at <= 'Z') *at = (char)(*at - 'A' + 'a');
  return copy;
}

static const char *futures_asset(const char *currency, size_t length) {
  return length == 3 && strncmp(currency, "BTC", 3) == 0 ? "XBT" : NULL;
}

/* fi_xbtusd: by the market that is named, else by the currency, whose pair with the dollar it is. */
static const char *margin_account(bourse_call *call, const char *symbol) {
  const char *base = symbol != NULL ? symbol : call->request->currency, *quote = "usd";
  size_t base_length = strlen(base), quote_length = 3;
  const char *slash = symbol == NULL ? NULL : strchr(symbol, '/');
  if (slash != NULL) {
    base_length = (size_t)(slash - symbol);
    quote = slash + 1;
    quote_length = strcspn(quote, ":");
  }
  const char *asset = futures_asset(base, base_length);
  const char *text = bourse_arena_format(call->arena, "fi_%.*s%.*s", asset != NULL ? 3 : (int)base_length,
                                         asset != NULL ? asset : base, (int)quote_length, quote);
  return text == NULL ? NULL : lower_copy(call, text, strlen(text));
}

/* Name of a wallet; NULL after failing. */
static const char *wallet_name(bourse_call *call, int32_t wallet, const char *symbol, const char *field) {
  const char *name = NULL;
  switch (wallet) {
    case BOURSE_WALLET_FUNDING: return "cash";
    case BOURSE_WALLET_LINEAR: return "flex";
    case BOURSE_WALLET_INVERSE: name = margin_account(call, symbol); break;
    case BOURSE_WALLET_SPOT:
      bourse_unsupported(call, field, "from the spot wallet money is moved with a key for spot");
      return NULL;
    default:
      bourse_unsupported(call, field, "the wallets of futures are funding (cash), linear (flex) and inverse");
      return NULL;
  }
  if (name == NULL) bourse_fail_memory(call);
  return name;
}

static void put_currency(bourse_call *call, const char *name) {
  const char *currency = call->request->currency, *asset = futures_asset(currency, strlen(currency));
  bourse_put(call, name, asset != NULL ? asset : currency);
}

FUTURES_BUILD(transfer) {
  const bourse_request *request = call->request;
  const char *from = wallet_name(call, request->from_wallet, request->from_symbol, "from_wallet");
  const char *to = from == NULL ? NULL : wallet_name(call, request->to_wallet, request->to_symbol, "to_wallet");
  if (to == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "fromAccount", from);
  bourse_put(call, "toAccount", to);
  put_currency(call, "unit");
  bourse_put_decimal(call, "amount", &request->amount);
  return BOURSE_OK;
}

FUTURES_BUILD(withdrawal) {
  const bourse_request *request = call->request;
  const char *from = wallet_name(call, request->from_wallet, request->from_symbol, "from_wallet");
  if (from == NULL) return BOURSE_ERROR_ARGUMENT;
  put_currency(call, "currency");
  bourse_put_decimal(call, "amount", &request->amount);
  bourse_put(call, "sourceWallet", from);
  return BOURSE_OK;
}

static const bourse_field transfer_fields[] = {
    FUTURES_TIME("serverTime", bourse_transfer, time_ns),
    BOURSE_FIELD("uid", ID, bourse_transfer, id),
};
static const bourse_table transfer_table = BOURSE_TABLE(transfer_fields);

/* Between wallets of futures it is done at once; to the spot wallet it is on its way. */
FUTURES_PARSE(transfer) {
  const bourse_request *request = call->request;
  bourse_transfer *transfer = bourse_append(call, BOURSE_KIND_TRANSFER);
  if (transfer == NULL) return BOURSE_ERROR_MEMORY;
  bourse_set_transfer(transfer, call);
  int32_t code = bourse__kraken_futures_object(call, reply, &transfer_table, transfer);
  if (code != BOURSE_OK) return code;
  transfer->status = request->to_wallet == BOURSE_WALLET_SPOT ? BOURSE_TRANSFER_PENDING : BOURSE_TRANSFER_OK;
  return BOURSE_OK;
}
