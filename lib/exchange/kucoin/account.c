/* exchange/kucoin/account.c - balances, fees, the account's book, permissions, and the tokens that streams begin with. */
#include <inttypes.h>
#include <string.h>

#include "exchange/kucoin/futures.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Balances of the spot and funding wallets --- */

static const bourse_name wallets[] = {
    {"main", BOURSE_WALLET_FUNDING},      {"trade", BOURSE_WALLET_SPOT},
    {"trade_hf", BOURSE_WALLET_SPOT},     {"margin", BOURSE_WALLET_CROSS},
    {"isolated", BOURSE_WALLET_ISOLATED}, {"margin_v2", BOURSE_WALLET_CROSS},
    {"contract", BOURSE_WALLET_LINEAR},   {"isolated_v2", BOURSE_WALLET_ISOLATED},
    {"option", BOURSE_WALLET_OPTION},     {NULL, 0},
};

typedef struct account_row {
  bourse_balance balance;
  const char *id;
  const char *type;
} account_row;

static const bourse_field account_fields[] = {
    BOURSE_FIELD("id", ID, account_row, id),
    BOURSE_FIELD_FULL("currency", CUSTOM, account_row, balance.currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_currency),
    BOURSE_FIELD("type", STRING, account_row, type),
    BOURSE_FIELD_MUST("balance", DECIMAL, account_row, balance.total),
    BOURSE_FIELD("available", DECIMAL, account_row, balance.free),
    BOURSE_FIELD("holds", DECIMAL, account_row, balance.used),
};
static const bourse_table account_table = BOURSE_TABLE(account_fields);

BUILD(balances) {
  int32_t wallet = call->request->wallet;
  if (call->operation != BOURSE_OP_FETCH_ACCOUNTS && wallet != BOURSE_WALLET_ALL)
    bourse_put(call, "type", wallet == BOURSE_WALLET_FUNDING ? "main" : "trade");
  bourse_put(call, "currency", call->request->currency);
  return BOURSE_OK;
}

static int32_t append_account(bourse_call *call, const account_row *row) {
  bourse_account_info *info = bourse_append(call, BOURSE_KIND_ACCOUNT_INFO);
  if (info == NULL) return BOURSE_ERROR_MEMORY;
  info->id = row->id;
  info->name = info->kind = row->type;
  info->currency = row->balance.currency;
  return BOURSE_OK;
}

static int32_t account_row_read(bourse_call *call, bourse_decoder *decoder) {
  account_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &account_table, &row);
  if (code != BOURSE_OK) return code;
  if (call->operation == BOURSE_OP_FETCH_ACCOUNTS) return append_account(call, &row);
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  *balance = row.balance;
  balance->wallet = bourse_name_value(wallets, bourse_slice_of(row.type));
  balance->name = row.type;
  balance->time_ns = call->now_ns;
  return BOURSE_OK;
}

PARSE(balances) { return bourse__kucoin_rows(call, reply, account_row_read); }

/* --- On margin: what is owed stands beside what is there --- */

typedef struct margin_row {
  bourse_balance balance;
  bourse_decimal liability;
} margin_row;

static const bourse_field margin_fields[] = {
    BOURSE_FIELD_FULL("currency", CUSTOM, margin_row, balance.currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_currency),
    BOURSE_FIELD_MUST("total", DECIMAL, margin_row, balance.total),
    BOURSE_FIELD("available", DECIMAL, margin_row, balance.free),
    BOURSE_FIELD("hold", DECIMAL, margin_row, balance.used),
    BOURSE_FIELD("liability", DECIMAL, margin_row, liability),
    BOURSE_FIELD("liabilityPrincipal", DECIMAL, margin_row, balance.borrowed),
    BOURSE_FIELD("liabilityInterest", DECIMAL, margin_row, balance.interest),
};
static const bourse_table margin_table = BOURSE_TABLE(margin_fields);

static int32_t is_wanted_currency(const bourse_call *call, const char *currency) {
  const char *asked = call->request->currency;
  return asked == NULL || strcmp(asked, currency) == 0;
}

static int32_t append_margin(bourse_call *call, const margin_row *row, int32_t wallet, const char *symbol) {
  if (!is_wanted_currency(call, row->balance.currency)) return BOURSE_OK;
  bourse_balance *balance = bourse_append(call, BOURSE_KIND_BALANCE);
  if (balance == NULL) return BOURSE_ERROR_MEMORY;
  *balance = row->balance;
  balance->wallet = wallet;
  balance->symbol = symbol;
  balance->time_ns = call->now_ns;
  if (!PRESENT(balance->borrowed)) balance->borrowed = row->liability;
  if (PRESENT(row->liability)) bourse_decimal_sub(&balance->net, &balance->total, &row->liability);
  return BOURSE_OK;
}

/* Of today's accounts; those of before have no orders any more. */
BUILD(margin_balances) {
  int32_t isolated = (call->endpoint->products & BOURSE_FOR_CROSS) == 0;
  bourse_put(call, "queryType", isolated ? "ISOLATED_V2" : "MARGIN_V2");
  if (isolated && call->market_count == 1) bourse_put(call, "symbol", call->markets[0]->id);
  return BOURSE_OK;
}

static int32_t cross_row(bourse_call *call, bourse_decoder *decoder) {
  margin_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &margin_table, &row);
  return code == BOURSE_OK ? append_margin(call, &row, BOURSE_WALLET_CROSS, NULL) : code;
}

PARSE(cross_balances) { return bourse__kucoin_list(call, reply, "accounts", cross_row); }

typedef struct isolated_row {
  const char *names[2];
  margin_row base;
  margin_row quote;
} isolated_row;

static const bourse_field isolated_fields[] = {
    KUCOIN_MARKET("symbol", isolated_row, names),
    BOURSE_FIELD("status", CHECK, isolated_row, names),
    BOURSE_FIELD("debtRatio", CHECK, isolated_row, names),
    BOURSE_FIELD_OBJECT("baseAsset", isolated_row, base, &margin_table),
    BOURSE_FIELD_OBJECT("quoteAsset", isolated_row, quote, &margin_table),
};
static const bourse_table isolated_table = BOURSE_TABLE(isolated_fields);

static int32_t isolated_row_read(bourse_call *call, bourse_decoder *decoder) {
  isolated_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &isolated_table, &row);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.names[1] != NULL, "symbol");
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.base.balance.currency != NULL, "baseAsset");
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.quote.balance.currency != NULL, "quoteAsset");
  if (code != BOURSE_OK || !bourse_is_wanted(call, row.names[1])) return code;
  const char *symbol = row.names[0] != NULL ? row.names[0] : row.names[1];
  code = append_margin(call, &row.base, BOURSE_WALLET_ISOLATED, symbol);
  return code == BOURSE_OK ? append_margin(call, &row.quote, BOURSE_WALLET_ISOLATED, symbol) : code;
}

PARSE(isolated_balances) { return bourse__kucoin_list(call, reply, "assets", isolated_row_read); }

/* --- Fees --- */

#define FEES_MAX 10

static const bourse_field fee_fields[] = {
    BOURSE_FIELD_FULL("symbol", CUSTOM, bourse_fee, symbol, BOURSE_FIELD_REQUIRED, NULL, bourse__kucoin_read_market),
    BOURSE_FIELD_MUST("takerFeeRate", DECIMAL, bourse_fee, taker),
    BOURSE_FIELD_MUST("makerFeeRate", DECIMAL, bourse_fee, maker),
};
static const bourse_table fee_table = BOURSE_TABLE(fee_fields);

BUILD(fees) {
  bourse_text text;
  uint32_t first = (uint32_t)call->scratch[SCRATCH_INDEX];
  if (bourse_is_futures(call)) return bourse__kucoin_build_symbol(call);
  if (call->market != NULL) {
    bourse_put(call, "symbols", call->market->id);
    return BOURSE_OK;
  }
  if (call->market_count == 0)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "symbols", "KuCoin tells fees of the markets that are named only");
  bourse_text_init(&text, call->arena);
  for (uint32_t i = first; i < first + FEES_MAX && i < call->market_count; i++) {
    if (i > first) bourse_text_char(&text, ',');
    bourse_text_string(&text, call->markets[i]->id);
  }
  const char *symbols = bourse_text_finish(&text);
  if (symbols == NULL) return bourse_fail_memory(call);
  bourse_put(call, "symbols", symbols);
  return BOURSE_OK;
}

int32_t bourse__kucoin_fee_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_fee *fee = bourse_append(call, BOURSE_KIND_FEE);
  return fee == NULL ? BOURSE_ERROR_MEMORY : bourse_decode_object(decoder, &fee_table, fee);
}

PARSE(fees) {
  int32_t code = bourse__kucoin_rows(call, reply, bourse__kucoin_fee_row);
  call->scratch[SCRATCH_INDEX] += FEES_MAX;
  return code == BOURSE_OK && call->scratch[SCRATCH_INDEX] < call->market_count ? BOURSE_CONTINUE : code;
}

/* --- The account's book --- */

static const bourse_word ledger_kinds[] = {
    {"trade", "TRADE_EXCHANGE"},   {"trade", "Exchange"},        {"transfer", "TRANSFER"},
    {"transfer", "Transfer"},      {"transfer", "SUB_TRANSFER"}, {"deposit", "Deposit"},
    {"withdrawal", "Withdrawal"},  {"interest", "Interest"},     {"rebate", "Rebate"},
    {"reward", "Staking Profits"}, {"fee", "Refunded Fees"},     {"fee", "KCS_FEE_DEDUCTION"},
};

typedef struct ledger_row {
  bourse_ledger_entry entry;
  bourse_slice direction;
} ledger_row;

static const bourse_field ledger_fields[] = {
    BOURSE_FIELD_MUST("id", ID, ledger_row, entry.id),
    BOURSE_FIELD_FULL("currency", CUSTOM, ledger_row, entry.currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_currency),
    BOURSE_FIELD_MUST("amount", DECIMAL, ledger_row, entry.amount),
    BOURSE_FIELD("fee", DECIMAL, ledger_row, entry.fee),
    BOURSE_FIELD("balance", DECIMAL, ledger_row, entry.balance),
    BOURSE_FIELD("accountType", CHECK, ledger_row, entry),
    BOURSE_FIELD("bizType", STRING, ledger_row, entry.native_kind),
    BOURSE_FIELD("direction", SLICE, ledger_row, direction),
    KUCOIN_TIME("createdAt", ledger_row, entry.time_ns),
    BOURSE_FIELD("context", STRING, ledger_row, entry.text),
    BOURSE_FIELD("businessType", STRING, ledger_row, entry.native_kind), /* these are of the unified account */
    BOURSE_FIELD("remark", STRING, ledger_row, entry.text),
    KUCOIN_TIME("ts", ledger_row, entry.time_ns),
};
static const bourse_table ledger_table = BOURSE_TABLE(ledger_fields);

int32_t bourse__kucoin_ledger_row(bourse_call *call, bourse_decoder *decoder) {
  ledger_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &ledger_table, &row);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.entry.time_ns != 0, "createdAt");
  if (code != BOURSE_OK) return code;
  call->scratch[SCRATCH_ROWS]++;
  call->memory = (void *)(uintptr_t)row.entry.id; /* from which the next page goes on */
  if (!bourse_in_range(call, row.entry.time_ns) || !is_wanted_currency(call, row.entry.currency)) return BOURSE_OK;
  bourse_ledger_entry *entry = bourse_append(call, BOURSE_KIND_LEDGER_ENTRY);
  if (entry == NULL) return BOURSE_ERROR_MEMORY;
  *entry = row.entry;
  entry->kind = bourse_word_name(BOURSE_ROWS(ledger_kinds), entry->native_kind);
  if (entry->text != NULL && entry->text[0] == '\0') entry->text = NULL;
  if ((bourse_slice_is(row.direction, "out") || bourse_slice_is(row.direction, "OUT")) &&
      bourse_decimal_sign(&entry->amount) > 0)
    bourse_decimal_negate(&entry->amount);
  return BOURSE_OK;
}

#define LEDGER_PAGE 200

BUILD(ledger) {
  if (call->request->symbol != NULL || call->request->id != NULL)
    return bourse_unsupported(call, call->request->symbol != NULL ? "symbol" : "id",
                              "the account's book is by currency and time");
  bourse_put(call, "currency", call->request->currency);
  call->scratch[SCRATCH_ROWS] = 0;
  return bourse__kucoin_put_last_id(call, LEDGER_PAGE);
}

/* A bare list, the newest first, that goes on from the id of its last row. */
PARSE(ledger) {
  uint32_t asked = call->request->limit == 0 ? 100 : call->request->limit;
  int32_t code = bourse__kucoin_rows(call, reply, bourse__kucoin_ledger_row);
  if (code != BOURSE_OK || call->scratch[SCRATCH_ROWS] < (asked < LEDGER_PAGE ? asked : LEDGER_PAGE)) return code;
  bourse_page page = {call->memory, (uint32_t)call->scratch[SCRATCH_ROWS]};
  return bourse_next_page(call, &page, BOURSE_NEWEST_FIRST);
}

BUILD(accounts_ledger) {
  if (call->request->symbol != NULL || call->request->id != NULL)
    return bourse_unsupported(call, call->request->symbol != NULL ? "symbol" : "id",
                              "the account's book is by currency and time");
  bourse_put(call, "currency", call->request->currency);
  return bourse__kucoin_put_page(call, 500);
}

PARSE(accounts_ledger) { return bourse__kucoin_pages(call, reply, bourse__kucoin_ledger_row); }

/* --- Permissions --- */

typedef struct permission_row {
  bourse_permissions permissions;
  bourse_slice words; /* "General,Spot" */
  bourse_slice addresses;
} permission_row;

static const bourse_field permission_fields[] = {
    BOURSE_FIELD("uid", ID, permission_row, permissions.account),
    BOURSE_FIELD("apiKey", CHECK, permission_row, permissions),
    BOURSE_FIELD_FULL("permission", SLICE, permission_row, words, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD("ipWhitelist", SLICE, permission_row, addresses),
    KUCOIN_TIME("createdAt", permission_row, permissions.created_ns),
};
static const bourse_table permission_table = BOURSE_TABLE(permission_fields);

static int32_t has_word(bourse_slice words, const char *word) {
  size_t length = strlen(word), at = 0;
  while (at < words.length) {
    size_t end = at;
    while (end < words.length && words.data[end] != ',') end++;
    if (end - at == length && memcmp(words.data + at, word, length) == 0) return BOURSE_YES;
    at = end + 1;
  }
  return BOURSE_NO;
}

PARSE(permissions) {
  permission_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__kucoin_object(call, reply, &permission_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_permissions *permissions = bourse_append(call, BOURSE_KIND_PERMISSIONS);
  if (permissions == NULL) return BOURSE_ERROR_MEMORY;
  *permissions = row.permissions;
  permissions->read = has_word(row.words, "General");
  int32_t unified = has_word(row.words, "Unified") > 0; /* an account that is all of these */
  permissions->spot = unified ? BOURSE_YES : has_word(row.words, "Spot");
  permissions->margin = unified ? BOURSE_YES : has_word(row.words, "Margin");
  permissions->futures = unified ? BOURSE_YES : has_word(row.words, "Futures");
  permissions->options = has_word(row.words, "Option");
  permissions->withdraw = has_word(row.words, "Withdrawal");
  int32_t moves = has_word(row.words, "Transfer") > 0 || has_word(row.words, "InnerTransfer") > 0 ||
                  has_word(row.words, "FlexTransfers") > 0;
  permissions->transfer = moves ? BOURSE_YES : BOURSE_NO;
  permissions->address_bound = row.addresses.length > 0 ? BOURSE_YES : BOURSE_NO;
  return BOURSE_OK;
}

/* --- Where a stream connects to, and the token it brings --- */

typedef struct server_row {
  const char *endpoint;
} server_row;
static const bourse_field server_fields[] = {BOURSE_FIELD_MUST("endpoint", STRING, server_row, endpoint)};
static const bourse_table server_table = BOURSE_TABLE(server_fields);

typedef struct token_row {
  const char *token;
  const char *endpoint; /* of the first server */
} token_row;

static int32_t read_servers(bourse_decoder *decoder, void *member) {
  const char **endpoint = member;
  int32_t code = bourse_decode_array_begin(decoder, "instanceServers");
  while (code == BOURSE_OK && bourse_decode_array_next(decoder)) {
    server_row server = {NULL};
    code = bourse_decode_object(decoder, &server_table, &server);
    if (*endpoint == NULL) *endpoint = server.endpoint;
  }
  return code != BOURSE_OK ? code : decoder->error;
}

static const bourse_field token_fields[] = {
    BOURSE_FIELD_MUST("token", STRING, token_row, token),
    BOURSE_FIELD_FULL("instanceServers", CUSTOM, token_row, endpoint, BOURSE_FIELD_REQUIRED, NULL, read_servers),
};
static const bourse_table token_table = BOURSE_TABLE(token_fields);

/* "wss://host/?token=...": the URL, to which a connection adds its own id. */
PARSE(stream_token) {
  token_row row = {NULL, NULL};
  bourse_text text;
  int32_t code = bourse__kucoin_object(call, reply, &token_table, &row);
  if (code != BOURSE_OK) return code;
  if (row.endpoint == NULL || strncmp(row.endpoint, "ws", 2) != 0)
    return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, "instanceServers", "the reply names no server");
  bourse_text_init(&text, call->arena);
  bourse_text_string(&text, row.endpoint);
  bourse_text_string(&text, "?token=");
  bourse_text_url(&text, row.token, strlen(row.token));
  bourse_receipt *receipt = bourse_append_receipt(call);
  if (receipt == NULL) return BOURSE_ERROR_MEMORY;
  receipt->id = bourse_text_finish(&text);
  receipt->due_ns = call->now_ns + KUCOIN_DAY;
  return receipt->id == NULL ? bourse_fail_memory(call) : BOURSE_OK;
}

/* A token alone: where it holds is known. */
static const bourse_field unified_token_fields[] = {BOURSE_FIELD_MUST("token", STRING, token_row, token)};
static const bourse_table unified_token_table = BOURSE_TABLE(unified_token_fields);

UNIFIED_PARSE(stream_token) {
  token_row row = {NULL, NULL};
  int32_t code = bourse__kucoin_object(call, reply, &unified_token_table, &row);
  bourse_receipt *receipt = code == BOURSE_OK ? bourse_append_receipt(call) : NULL;
  if (receipt == NULL) return code == BOURSE_OK ? BOURSE_ERROR_MEMORY : code;
  receipt->id = row.token;
  receipt->due_ns = call->now_ns + KUCOIN_DAY;
  return BOURSE_OK;
}
