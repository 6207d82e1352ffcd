/* exchange/bybit/account.c - balances, positions, leverage and modes, fees, the account's book, what a key may do. */
#include <string.h>

#include "exchange/bybit/bybit.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Balances --- */

static int32_t append_balance(bourse_call *call, const bourse_balance *balance) {
  const char *asked = call->request->currency;
  if (asked != NULL && strcmp(asked, balance->currency) != 0) return BOURSE_OK;
  bourse_balance *record = bourse_append(call, BOURSE_KIND_BALANCE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = *balance;
  return BOURSE_OK;
}

/* fetch_balance always has one record: a currency that is not listed is a balance of zero. */
static int32_t at_least_one(bourse_call *call, int32_t code, int32_t wallet) {
  if (code != BOURSE_OK || call->operation != BOURSE_OP_FETCH_BALANCE || bourse_appended(call) > 0) return code;
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  balance->currency = call->request->currency;
  balance->wallet = wallet;
  balance->time_ns = call->now_ns;
  bourse_decimal_from_int64(&balance->total, 0);
  balance->free = balance->used = balance->total;
  return BOURSE_OK;
}

static int32_t coin_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__bybit_coin_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bourse__bybit_coin_table, &row);
  if (code != BOURSE_OK) return code;
  bourse__bybit_finish_coin(&row, call->now_ns);
  return append_balance(call, &row.balance);
}

static int32_t read_coins(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "coin", coin_row_read);
}

typedef struct account_row {
  int32_t coins;
} account_row;
static const bourse_field account_fields[] = {
    BOURSE_FIELD_FULL("coin", CUSTOM, account_row, coins, BOURSE_FIELD_REQUIRED, NULL, read_coins)};
static const bourse_table account_table = BOURSE_TABLE(account_fields);

static int32_t account_row_read(bourse_call *call, bourse_decoder *decoder) {
  account_row row = {0};
  (void)call;
  return bourse_decode_object(decoder, &account_table, &row);
}

static int32_t is_unified(int32_t wallet) {
  return wallet == 0 || wallet == BOURSE_WALLET_UNIFIED || wallet == BOURSE_WALLET_SPOT ||
         wallet == BOURSE_WALLET_CROSS || wallet == BOURSE_WALLET_LINEAR || wallet == BOURSE_WALLET_INVERSE ||
         wallet == BOURSE_WALLET_OPTION;
}

BUILD(balances) {
  if (!is_unified(call->request->wallet))
    return bourse_unsupported(call, "wallet", "the wallets are unified, which all trading shares, and funding");
  bourse_put(call, "accountType", "UNIFIED");
  bourse_put(call, "coin", call->request->currency);
  return BOURSE_OK;
}

PARSE(balances) {
  int32_t code = bourse__bybit_list(call, reply, "list", account_row_read, NULL);
  return at_least_one(call, code, BOURSE_WALLET_UNIFIED);
}

typedef struct funding_coin {
  bourse_balance balance;
} funding_coin;
static const bourse_field funding_coin_fields[] = {
    BOURSE_FIELD_MUST("coin", STRING, funding_coin, balance.currency),
    BOURSE_FIELD_MUST("walletBalance", DECIMAL, funding_coin, balance.total),
    BOURSE_FIELD("transferBalance", DECIMAL, funding_coin, balance.free),
};
static const bourse_table funding_coin_table = BOURSE_TABLE(funding_coin_fields);

static int32_t funding_coin_read(bourse_call *call, bourse_decoder *decoder) {
  funding_coin row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &funding_coin_table, &row);
  if (code != BOURSE_OK) return code;
  row.balance.wallet = BOURSE_WALLET_FUNDING;
  row.balance.time_ns = call->now_ns;
  if (PRESENT(row.balance.free)) bourse_decimal_sub(&row.balance.used, &row.balance.total, &row.balance.free);
  return append_balance(call, &row.balance);
}

BUILD(funding_balances) {
  bourse_put(call, "accountType", "FUND");
  bourse_put(call, "coin", call->request->currency);
  return BOURSE_OK;
}

PARSE(funding_balances) {
  int32_t code = bourse__bybit_list(call, reply, "balance", funding_coin_read, NULL);
  return at_least_one(call, code, BOURSE_WALLET_FUNDING);
}

/* --- Positions --- */

/* With a market, flat positions are told too. */
static int32_t position_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__bybit_position_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bourse__bybit_position_table, &row);
  if (code != BOURSE_OK) return code;
  const bourse_market *market = bourse_market_by_id(call, call->product, row.symbol);
  if (bourse__bybit_finish_position(call->arena, call->product, market, &row) != BOURSE_OK)
    return bourse_decode_fail(decoder, BOURSE_ERROR_MEMORY, NULL, "memory is out");
  int32_t flat = bourse_decimal_sign(&row.size) == 0;
  if (!bourse_is_wanted(call, row.position.market_id) || (flat && call->operation == BOURSE_OP_FETCH_POSITIONS))
    return BOURSE_OK;
  bourse_position *position = bourse_append(call, BOURSE_KIND_POSITION);
  if (position == NULL) return BOURSE_ERROR_MEMORY;
  *position = row.position;
  return BOURSE_OK;
}

static const bourse_market *one_market(const bourse_call *call) {
  return call->market != NULL ? call->market : call->market_count == 1 ? call->markets[0] : NULL;
}

BUILD(positions) {
  const bourse_market *market = one_market(call);
  if (market != NULL) {
    bourse_put(call, "category", bourse__bybit_category(call->product));
    bourse_put(call, "symbol", market->id);
  } else {
    bourse__bybit_put_listed(call, call->scratch[BYBIT_SCRATCH_TURN]);
    bourse_put_int(call, "limit", 200);
  }
  bourse__bybit_put_cursor(call);
  return BOURSE_OK;
}

PARSE(positions) {
  int32_t code = bourse__bybit_whole(call, reply, "list", position_row_read);
  if (code != BOURSE_OK || one_market(call) != NULL) return code;
  return ++call->scratch[BYBIT_SCRATCH_TURN] < bourse__bybit_listings(call) ? BOURSE_CONTINUE : BOURSE_OK;
}

/* --- Leverage and modes --- */

/* Positions tell the leverage, and by their number whether there are two of a market. */
static int32_t leverage_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse__bybit_position_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &bourse__bybit_position_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_leverage *leverage =
      bourse_appended(call) > 0 ? bourse_appended_at(call, 0) : bourse_append(call, BOURSE_KIND_LEVERAGE);
  if (leverage == NULL) return BOURSE_ERROR_MEMORY;
  leverage->symbol = call->market->symbol;
  leverage->market_id = call->market->id;
  leverage->hedged = row.index > 0 ? BOURSE_YES : BOURSE_NO;
  if (row.index == 2)
    leverage->leverage_short = row.position.leverage;
  else
    leverage->leverage = row.position.leverage;
  return BOURSE_OK;
}

PARSE(leverage) {
  if (bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  int32_t code = bourse__bybit_list(call, reply, "list", leverage_row_read, NULL);
  if (code != BOURSE_OK || bourse_appended(call) > 0) return code;
  return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "list", "the reply does not tell of %s", call->market->symbol);
}

BUILD(leverage) {
  char text[BOURSE_DECIMAL_TEXT_SIZE];
  int32_t code = bourse__bybit_need_symbol(call);
  if (code != BOURSE_OK) return code;
  if (call->request->position_side != 0 && call->request->position_side != BOURSE_POSITION_BOTH)
    return bourse_unsupported(call, "position_side", "leverage is set for both sides at once");
  if (call->request->margin_mode != 0)
    return bourse_unsupported(call, "margin_mode", "it is of the whole account; set it with set_margin_mode");
  if (bourse_decimal_format(text, sizeof text, &call->request->leverage) < 0) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "buyLeverage", text);
  bourse_put(call, "sellLeverage", text);
  return BOURSE_OK;
}

static const bourse_name margin_modes[] = {{"ISOLATED_MARGIN", BOURSE_MARGIN_ISOLATED},
                                           {"REGULAR_MARGIN", BOURSE_MARGIN_CROSS},
                                           {"PORTFOLIO_MARGIN", BOURSE_MARGIN_CROSS},
                                           {NULL, 0}};

BUILD(margin_mode) {
  const bourse_request *request = call->request;
  if (request->symbol != NULL)
    return bourse_unsupported(call, "symbol", "the margin mode is of the whole account; leave symbol out");
  if (PRESENT(request->leverage)) return bourse_unsupported(call, "leverage", "it is set by itself, with set_leverage");
  bourse_put(call, "setMarginMode", bourse_name_text(margin_modes, request->margin_mode));
  return BOURSE_OK;
}

typedef struct mode_row {
  int32_t margin_mode;
} mode_row;
static const bourse_field mode_fields[] = {
    BOURSE_FIELD_FULL("marginMode", ENUM, mode_row, margin_mode, BOURSE_FIELD_REQUIRED, margin_modes, NULL)};
static const bourse_table mode_table = BOURSE_TABLE(mode_fields);

PARSE(margin_mode) {
  mode_row row = {0};
  int32_t code = bourse__bybit_object(call, reply, &mode_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_leverage *record = bourse_append(call, BOURSE_KIND_LEVERAGE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  record->margin_mode = row.margin_mode;
  record->symbol = call->market == NULL ? NULL : call->market->symbol;
  record->market_id = call->market == NULL ? NULL : call->market->id;
  return BOURSE_OK;
}

/* Of a market, or of all that settle in tether. */
BUILD(position_mode) {
  bourse__bybit_put_symbol(call);
  if (call->market == NULL) bourse_put(call, "coin", "USDT");
  bourse__bybit_put_number(call, "mode", call->request->hedged > 0 ? 3 : 0);
  return BOURSE_OK;
}

BUILD(position_margin) {
  bourse_decimal amount = call->request->amount;
  int32_t side = call->request->position_side, code = bourse__bybit_need_symbol(call);
  if (code != BOURSE_OK) return code;
  if (call->operation == BOURSE_OP_REDUCE_MARGIN) bourse_decimal_negate(&amount);
  bourse_put_decimal(call, "margin", &amount);
  if (side == BOURSE_POSITION_LONG || side == BOURSE_POSITION_SHORT)
    bourse__bybit_put_number(call, "positionIdx", side == BOURSE_POSITION_LONG ? 1 : 2);
  return BOURSE_OK;
}

/* --- Fees --- */

static const bourse_field fee_fields[] = {
    BYBIT_MARKET(bourse_fee, symbol),
    BOURSE_FIELD_MUST("takerFeeRate", DECIMAL, bourse_fee, taker),
    BOURSE_FIELD_MUST("makerFeeRate", DECIMAL, bourse_fee, maker),
};
static const bourse_table fee_table = BOURSE_TABLE(fee_fields);

static int32_t fee_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_fee row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &fee_table, &row);
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.market_id)) return code;
  bourse_fee *fee = bourse_append(call, BOURSE_KIND_FEE);
  if (fee == NULL) return BOURSE_ERROR_MEMORY;
  *fee = row;
  return BOURSE_OK;
}

BUILD(fees) {
  const bourse_market *market = one_market(call);
  bourse_put(call, "category", bourse__bybit_category(call->product));
  if (market != NULL) bourse_put(call, "symbol", market->id);
  return BOURSE_OK;
}

PARSE(fees) { return bourse__bybit_list(call, reply, "list", fee_row_read, NULL); }

/* --- The account's book --- */

static const bourse_word ledger_kinds[] = {
    {"trade", "TRADE"},
    {"funding", "SETTLEMENT"},
    {"transfer", "TRANSFER_IN"},
    {"transfer", "TRANSFER_OUT"},
    {"interest", "INTEREST"},
    {"liquidation", "LIQUIDATION"},
    {"delivery", "DELIVERY"},
    {"adl", "ADL"},
    {"interest", "INTEREST_SETTLEMENT"},
};

typedef struct ledger_row {
  bourse_ledger_entry entry;
  bourse_slice category;
  bourse_slice symbol;
} ledger_row;

static const bourse_field ledger_fields[] = {
    BOURSE_FIELD("id", STRING, ledger_row, entry.id),
    BOURSE_FIELD("symbol", SLICE, ledger_row, symbol),
    BOURSE_FIELD("category", SLICE, ledger_row, category),
    BOURSE_FIELD_MUST("transactionTime", TIME_MS, ledger_row, entry.time_ns),
    BOURSE_FIELD_MUST("type", STRING, ledger_row, entry.native_kind),
    BOURSE_FIELD("currency", STRING, ledger_row, entry.currency),
    BOURSE_FIELD("fee", DECIMAL, ledger_row, entry.fee),
    BOURSE_FIELD("change", DECIMAL, ledger_row, entry.amount),
    BOURSE_FIELD("cashBalance", DECIMAL, ledger_row, entry.balance),
    BOURSE_FIELD_CUSTOM("tradeId", ledger_row, entry.reference, bourse__bybit_read_text),
};
static const bourse_table ledger_table = BOURSE_TABLE(ledger_fields);

/* The book is that of all products together, and a market's lines are picked out of it. */
static int32_t ledger_row_read(bourse_call *call, bourse_decoder *decoder) {
  ledger_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &ledger_table, &row);
  if (code != BOURSE_OK) return code;
  const bourse_market *market = bourse_market_by_id(call, bourse__bybit_product(row.category), row.symbol);
  if (call->market != NULL && (market == NULL || strcmp(market->symbol, call->market->symbol) != 0)) return BOURSE_OK;
  row.entry.kind = bourse_word_name(BOURSE_ROWS(ledger_kinds), row.entry.native_kind);
  if (market != NULL)
    row.entry.symbol = market->symbol;
  else if (row.symbol.length > 0)
    row.entry.symbol = bourse_arena_copy(call->arena, row.symbol.data, row.symbol.length);
  bourse_ledger_entry *entry = bourse_append(call, BOURSE_KIND_LEDGER_ENTRY);
  if (entry == NULL) return BOURSE_ERROR_MEMORY;
  *entry = row.entry;
  return BOURSE_OK;
}

BUILD(ledger) {
  if (call->request->id != NULL) return bourse_unsupported(call, "id", "lines of the book are found by time");
  bourse_put(call, "accountType", "UNIFIED");
  bourse_put(call, "currency", call->request->currency);
  bourse__bybit_put_page(call);
  return BOURSE_OK;
}

PARSE(ledger) { return bourse__bybit_pages(call, reply, "list", ledger_row_read); }

/* --- Permissions --- */

typedef struct permission_lists {
  bourse_slice contract;
  bourse_slice spot;
  bourse_slice wallet;
  bourse_slice options;
  bourse_slice derivatives;
} permission_lists;

static const bourse_field permission_list_fields[] = {
    BOURSE_FIELD("ContractTrade", RAW, permission_lists, contract),
    BOURSE_FIELD("Spot", RAW, permission_lists, spot),
    BOURSE_FIELD("Wallet", RAW, permission_lists, wallet),
    BOURSE_FIELD("Options", RAW, permission_lists, options),
    BOURSE_FIELD("Derivatives", RAW, permission_lists, derivatives),
};
static const bourse_table permission_list_table = BOURSE_TABLE(permission_list_fields);

typedef struct permissions_row {
  bourse_permissions permissions;
  permission_lists lists;
  bourse_slice addresses;
  int32_t read_only;
  int32_t reserved;
} permissions_row;

static const bourse_field permissions_fields[] = {
    BOURSE_FIELD_MUST("readOnly", INT32, permissions_row, read_only),
    BOURSE_FIELD_OBJECT("permissions", permissions_row, lists, &permission_list_table),
    BOURSE_FIELD("ips", RAW, permissions_row, addresses),
    BOURSE_FIELD("expiredAt", TIME_ISO, permissions_row, permissions.expires_ns),
    BOURSE_FIELD("createdAt", TIME_ISO, permissions_row, permissions.created_ns),
    BOURSE_FIELD("userID", ID, permissions_row, permissions.account),
};
static const bourse_table permissions_table = BOURSE_TABLE(permissions_fields);

static int32_t has(bourse_slice list, const char *word) {
  return bourse_slice_contains(list, word) ? BOURSE_YES : BOURSE_NO;
}

PARSE(permissions) {
  permissions_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__bybit_object(call, reply, &permissions_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_permissions *record = bourse_append(call, BOURSE_KIND_PERMISSIONS);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = row.permissions;
  int32_t trades = row.read_only == 0;
  record->read = BOURSE_YES;
  record->spot = record->margin = trades ? has(row.lists.spot, "SpotTrade") : BOURSE_NO;
  int32_t futures = has(row.lists.contract, "Order") > 0 || has(row.lists.derivatives, "DerivativesTrade") > 0;
  record->futures = trades && futures ? BOURSE_YES : BOURSE_NO;
  record->options = trades ? has(row.lists.options, "OptionsTrade") : BOURSE_NO;
  record->transfer = trades ? has(row.lists.wallet, "AccountTransfer") : BOURSE_NO;
  record->withdraw = trades ? has(row.lists.wallet, "Withdraw") : BOURSE_NO;
  record->address_bound =
      row.addresses.length > 2 && !bourse_slice_contains(row.addresses, "\"*\"") ? BOURSE_YES : BOURSE_NO;
  return BOURSE_OK;
}
