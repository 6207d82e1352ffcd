/* exchange/binance/wallet.c - transfers, deposits, withdrawals, borrowing on margin. All on /sapi. */
#include <inttypes.h>
#include <string.h>

#include "exchange/binance/binance.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Transfers --- */

/* A transfer's type is FROM_TO. Which pairs there are: partners[from] holds bits 1 << to. */
static const bourse_name wallets[] = {
    {"MAIN", BOURSE_WALLET_SPOT},
    {"FUNDING", BOURSE_WALLET_FUNDING},
    {"MARGIN", BOURSE_WALLET_CROSS},
    {"ISOLATEDMARGIN", BOURSE_WALLET_ISOLATED},
    {"UMFUTURE", BOURSE_WALLET_LINEAR},
    {"CMFUTURE", BOURSE_WALLET_INVERSE},
    {"OPTION", BOURSE_WALLET_OPTION},
    {"PORTFOLIO_MARGIN", BOURSE_WALLET_UNIFIED},
    {NULL, 0},
};

#define TO(wallet_) (1u << BOURSE_WALLET_##wallet_)

static const uint32_t partners[] = {
    [BOURSE_WALLET_SPOT] = TO(FUNDING) | TO(CROSS) | TO(LINEAR) | TO(INVERSE) | TO(OPTION) | TO(UNIFIED),
    [BOURSE_WALLET_FUNDING] = TO(SPOT) | TO(CROSS) | TO(LINEAR) | TO(INVERSE) | TO(OPTION),
    [BOURSE_WALLET_CROSS] = TO(SPOT) | TO(FUNDING) | TO(ISOLATED) | TO(LINEAR) | TO(INVERSE) | TO(OPTION),
    [BOURSE_WALLET_ISOLATED] = TO(CROSS) | TO(ISOLATED),
    [BOURSE_WALLET_LINEAR] = TO(SPOT) | TO(FUNDING) | TO(CROSS) | TO(OPTION),
    [BOURSE_WALLET_INVERSE] = TO(SPOT) | TO(FUNDING) | TO(CROSS),
    [BOURSE_WALLET_OPTION] = TO(SPOT) | TO(FUNDING) | TO(CROSS) | TO(LINEAR),
    [BOURSE_WALLET_UNIFIED] = TO(SPOT),
};

/* "MAIN_UMFUTURE"; NULL after failing because money does not go that way. */
static const char *transfer_type(bourse_call *call, int32_t from, int32_t to) {
  const char *from_name = bourse_name_text(wallets, from), *to_name = bourse_name_text(wallets, to);
  if (from_name == NULL || to_name == NULL || (partners[from] & (1u << to)) == 0) {
    bourse_unsupported(call, "to_wallet",
                       from == to
                           ? "both wallets are the same"
                           : "there is no transfer between these two wallets; go through the spot or cross wallet");
    return NULL;
  }
  const char *type = bourse_arena_format(call->arena, "%s_%s", from_name, to_name);
  if (type == NULL) bourse_fail_memory(call);
  return type;
}

/* The spot market called `symbol`, unified or by id: ids there are base and quote in a row. */
static const bourse_market *spot_market(bourse_call *call, const char *symbol) {
  char id[64];
  size_t length = 0;
  for (const char *c = symbol; *c != '\0' && length < sizeof id; c++)
    if (*c != '/') id[length++] = *c;
  const bourse_market *market = bourse_market_by_id(call, BOURSE_PRODUCT_SPOT, (bourse_slice){id, length});
  return market != NULL && (strcmp(market->symbol, symbol) == 0 || strcmp(market->id, symbol) == 0) ? market : NULL;
}

/* The exchange's id of an isolated account's market. */
static int32_t put_account(bourse_call *call, const char *name, const char *field, const char *symbol, int32_t wallet) {
  if (wallet != BOURSE_WALLET_ISOLATED) {
    if (symbol == NULL) return BOURSE_OK;
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, field,
                       "%s names an isolated margin account; that wallet is another", field);
  }
  if (symbol == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, field, "%s is needed: the market of the isolated margin account",
                       field);
  const bourse_market *market = spot_market(call, symbol);
  if (market == NULL)
    return bourse_fail(call, BOURSE_ERROR_UNKNOWN_SYMBOL, field, "Binance lists no spot market called \"%s\"", symbol);
  bourse_put(call, name, market->id);
  return BOURSE_OK;
}

static int32_t put_accounts(bourse_call *call, int32_t from, int32_t to) {
  int32_t code = put_account(call, "fromSymbol", "from_symbol", call->request->from_symbol, from);
  return code == BOURSE_OK ? put_account(call, "toSymbol", "to_symbol", call->request->to_symbol, to) : code;
}

BUILD(transfer) {
  const bourse_request *request = call->request;
  const char *type = transfer_type(call, request->from_wallet, request->to_wallet);
  if (type == NULL) return BOURSE_ERROR_UNSUPPORTED;
  if (request->id != NULL) return bourse_unsupported(call, "id", "transfers take no id of the caller's");
  bourse_put(call, "type", type);
  bourse_put(call, "asset", request->currency);
  bourse_put_decimal(call, "amount", &request->amount);
  return put_accounts(call, request->from_wallet, request->to_wallet);
}

/* Of older lists: those of margin name both ends, those of futures number the ways. */
static const bourse_name margin_ends[] = {{"SPOT", BOURSE_WALLET_SPOT},
                                          {"CROSS_MARGIN", BOURSE_WALLET_CROSS},
                                          {"ISOLATED_MARGIN", BOURSE_WALLET_ISOLATED},
                                          {"FUTURES", BOURSE_WALLET_LINEAR},
                                          {NULL, 0}};
static const int32_t numbered_ways[][2] = {{BOURSE_WALLET_SPOT, BOURSE_WALLET_LINEAR},
                                           {BOURSE_WALLET_LINEAR, BOURSE_WALLET_SPOT},
                                           {BOURSE_WALLET_SPOT, BOURSE_WALLET_INVERSE},
                                           {BOURSE_WALLET_INVERSE, BOURSE_WALLET_SPOT}};

static const bourse_field transfer_fields[] = {
    BOURSE_FIELD("tranId", ID, bourse_transfer, id),
    BOURSE_FIELD("txId", ID, bourse_transfer, id),
    BOURSE_FIELD("asset", STRING, bourse_transfer, currency),
    BOURSE_FIELD("amount", DECIMAL, bourse_transfer, amount),
    BOURSE_FIELD("type", STRING, bourse_transfer, native_type),
    BOURSE_FIELD("status", STRING, bourse_transfer, native_status),
    BOURSE_FIELD_ENUM("transFrom", bourse_transfer, from, margin_ends),
    BOURSE_FIELD_ENUM("transTo", bourse_transfer, to, margin_ends),
    BOURSE_FIELD("timestamp", TIME_MS, bourse_transfer, time_ns),
};
static const bourse_table transfer_table = BOURSE_TABLE(transfer_fields);

/* Wallets out of FROM_TO: the bar that divides them is the one that leaves two known words. */
static void split_type(bourse_transfer *transfer) {
  const char *type = transfer->native_type;
  if (type != NULL && type[0] >= '1' && type[0] <= '4' && type[1] == '\0') {
    transfer->from = numbered_ways[type[0] - '1'][0];
    transfer->to = numbered_ways[type[0] - '1'][1];
  }
  for (const char *bar = type; bar != NULL && (bar = strchr(bar, '_')) != NULL; bar++) {
    int32_t from = bourse_name_value(wallets, (bourse_slice){type, (size_t)(bar - type)});
    int32_t to = bourse_name_value(wallets, (bourse_slice){bar + 1, strlen(bar + 1)});
    if (from == 0 || to == 0) continue;
    transfer->from = from;
    transfer->to = to;
  }
}

static int32_t transfer_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_transfer row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &transfer_table, &row);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.id != NULL, "tranId");
  const char *asked = call->request->currency;
  if (code != BOURSE_OK || (asked != NULL && row.currency != NULL && strcmp(asked, row.currency) != 0)) return code;
  bourse_transfer *transfer = bourse_append(call, BOURSE_KIND_TRANSFER);
  if (transfer == NULL) return BOURSE_ERROR_MEMORY;
  *transfer = row;
  if (transfer->native_status != NULL)
    transfer->status = bourse_name_value(bourse__binance_transfer_status,
                                         (bourse_slice){transfer->native_status, strlen(transfer->native_status)});
  split_type(transfer);
  return BOURSE_OK;
}

/* What was done is named by a number, and the answer is that alone. */
static int32_t no_id(bourse_call *call, const char *name) {
  return bourse_fail(call, BOURSE_ERROR_BAD_REPLY, NULL, "the reply has no %s", name);
}

PARSE(transfer) {
  bourse_transfer row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_read_object(call, reply, &transfer_table, &row);
  if (code == BOURSE_OK && row.id == NULL) code = no_id(call, "tranId");
  bourse_transfer *transfer = code == BOURSE_OK ? bourse_append(call, BOURSE_KIND_TRANSFER) : NULL;
  if (transfer == NULL) return code != BOURSE_OK ? code : BOURSE_ERROR_MEMORY;
  *transfer = row;
  bourse_set_transfer(transfer, call);
  return BOURSE_OK;
}

/* The exchange lists one way at a time; not named, it is from spot to USD-M, and back to spot from USD-M. */
BUILD(transfers) {
  const bourse_request *request = call->request;
  int32_t from = request->from_wallet != 0 ? request->from_wallet : BOURSE_WALLET_SPOT;
  int32_t to = request->to_wallet != 0        ? request->to_wallet
               : from == BOURSE_WALLET_LINEAR ? BOURSE_WALLET_SPOT
                                              : BOURSE_WALLET_LINEAR;
  const char *type = transfer_type(call, from, to);
  if (type == NULL) return BOURSE_ERROR_UNSUPPORTED;
  bourse_put(call, "type", type);
  int32_t code = bourse__binance_put_page(call);
  return code == BOURSE_OK && (from == BOURSE_WALLET_ISOLATED || to == BOURSE_WALLET_ISOLATED)
             ? put_accounts(call, from, to)
             : code;
}

PARSE(transfers) { return bourse__binance_pages(call, reply, transfer_row_read); }

/* --- Deposits and withdrawals --- */

static const bourse_field address_fields[] = {
    BOURSE_FIELD_MUST("coin", STRING, bourse_deposit_address, currency),
    BOURSE_FIELD_MUST("address", STRING, bourse_deposit_address, address),
    BOURSE_FIELD("tag", STRING, bourse_deposit_address, tag),
    BOURSE_FIELD("url", STRING, bourse_deposit_address, url),
    BOURSE_FIELD("network", STRING, bourse_deposit_address, network),
};
static const bourse_table address_table = BOURSE_TABLE(address_fields);

static const char *none_if_empty(const char *text) { return text != NULL && text[0] != '\0' ? text : NULL; }

BUILD(coin) {
  bourse_put(call, "coin", call->request->currency);
  bourse_put(call, "network", bourse__binance_network_id(call->request->network));
  return BOURSE_OK;
}

static int32_t address_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_deposit_address *address = bourse_append(call, BOURSE_KIND_DEPOSIT_ADDRESS);
  if (address == NULL) return BOURSE_ERROR_MEMORY;
  int32_t code = bourse_decode_object(decoder, &address_table, address);
  address->tag = none_if_empty(address->tag);
  address->url = none_if_empty(address->url);
  if (address->network == NULL) address->network = bourse__binance_network_id(call->request->network);
  address->network = bourse__binance_network_name(address->network);
  return code;
}

PARSE(deposit_addresses) { return bourse_read_rows(call, reply, address_row); }

static const bourse_name deposit_statuses[] = {
    {"0", BOURSE_TRANSFER_PENDING}, {"1", BOURSE_TRANSFER_OK},      {"2", BOURSE_TRANSFER_FAILED},
    {"6", BOURSE_TRANSFER_OK}, /* credited, not yet free to leave */
    {"7", BOURSE_TRANSFER_FAILED},  {"8", BOURSE_TRANSFER_PENDING}, {NULL, 0},
};

static const bourse_name withdrawal_statuses[] = {
    {"0", BOURSE_TRANSFER_PENDING}, {"1", BOURSE_TRANSFER_CANCELED},
    {"2", BOURSE_TRANSFER_PENDING}, {"3", BOURSE_TRANSFER_FAILED},
    {"4", BOURSE_TRANSFER_PENDING}, {"5", BOURSE_TRANSFER_FAILED},
    {"6", BOURSE_TRANSFER_OK},      {NULL, 0},
};

typedef struct transaction_row {
  bourse_transaction transaction;
  bourse_slice confirmations; /* "3/12" */
  int64_t transfer_type;      /* 1: inside Binance */
} transaction_row;

static const bourse_field deposit_fields[] = {
    BOURSE_FIELD("id", ID, transaction_row, transaction.id),
    BOURSE_FIELD("amount", DECIMAL, transaction_row, transaction.amount),
    BOURSE_FIELD("coin", STRING, transaction_row, transaction.currency),
    BOURSE_FIELD("network", STRING, transaction_row, transaction.network),
    BOURSE_FIELD("status", ID, transaction_row, transaction.native_status),
    BOURSE_FIELD("address", STRING, transaction_row, transaction.address),
    BOURSE_FIELD("addressTag", STRING, transaction_row, transaction.tag),
    BOURSE_FIELD("txId", STRING, transaction_row, transaction.transaction_hash),
    BOURSE_FIELD("insertTime", TIME_MS, transaction_row, transaction.time_ns),
    BOURSE_FIELD_CUSTOM("completeTime", transaction_row, transaction.updated_ns, bourse_decode_time_ms),
    BOURSE_FIELD("transferType", INT64, transaction_row, transfer_type),
    BOURSE_FIELD("confirmTimes", SLICE, transaction_row, confirmations),
};
static const bourse_table deposit_table = BOURSE_TABLE(deposit_fields);

static const bourse_field withdrawal_fields[] = {
    BOURSE_FIELD("id", ID, transaction_row, transaction.id),
    BOURSE_FIELD("amount", DECIMAL, transaction_row, transaction.amount),
    BOURSE_FIELD("transactionFee", DECIMAL, transaction_row, transaction.fee),
    BOURSE_FIELD("coin", STRING, transaction_row, transaction.currency),
    BOURSE_FIELD("status", ID, transaction_row, transaction.native_status),
    BOURSE_FIELD("address", STRING, transaction_row, transaction.address),
    BOURSE_FIELD("addressTag", STRING, transaction_row, transaction.tag),
    BOURSE_FIELD("txId", STRING, transaction_row, transaction.transaction_hash),
    BOURSE_FIELD("applyTime", TIME_ISO, transaction_row, transaction.time_ns),
    BOURSE_FIELD("network", STRING, transaction_row, transaction.network),
    BOURSE_FIELD("transferType", INT64, transaction_row, transfer_type),
    BOURSE_FIELD("withdrawOrderId", STRING, transaction_row, transaction.client_id),
    BOURSE_FIELD("confirmNo", INT32, transaction_row, transaction.confirmations),
    BOURSE_FIELD("completeTime", TIME_ISO, transaction_row, transaction.updated_ns),
};
static const bourse_table withdrawal_table = BOURSE_TABLE(withdrawal_fields);

static int32_t leading_number(bourse_slice text) {
  int32_t number = 0;
  for (size_t i = 0; i < text.length && i < 9 && text.data[i] >= '0' && text.data[i] <= '9'; i++)
    number = number * 10 + (text.data[i] - '0');
  return number;
}

static int32_t read_transaction(bourse_call *call, bourse_decoder *decoder, const bourse_table *table,
                                int32_t direction, const bourse_name *statuses) {
  transaction_row row;
  memset(&row, 0, sizeof row);
  row.transfer_type = -1;
  int32_t code = bourse_decode_object(decoder, table, &row);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.transaction.currency != NULL, "coin");
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, PRESENT(row.transaction.amount), "amount");
  if (code != BOURSE_OK) return code;
  bourse_transaction *transaction = bourse_append(call, BOURSE_KIND_TRANSACTION);
  if (transaction == NULL) return BOURSE_ERROR_MEMORY;
  *transaction = row.transaction;
  transaction->direction = direction;
  transaction->network = bourse__binance_network_name(transaction->network);
  transaction->tag = none_if_empty(transaction->tag);
  transaction->transaction_hash = none_if_empty(transaction->transaction_hash);
  transaction->internal = row.transfer_type < 0 ? BOURSE_UNSET : row.transfer_type == 1 ? BOURSE_YES : BOURSE_NO;
  if (row.confirmations.length > 0) transaction->confirmations = leading_number(row.confirmations);
  const char *status = transaction->native_status;
  if (status != NULL) transaction->status = bourse_name_value(statuses, (bourse_slice){status, strlen(status)});
  return BOURSE_OK;
}

static int32_t deposit_row(bourse_call *call, bourse_decoder *decoder) {
  return read_transaction(call, decoder, &deposit_table, BOURSE_DEPOSIT, deposit_statuses);
}
static int32_t withdrawal_row(bourse_call *call, bourse_decoder *decoder) {
  return read_transaction(call, decoder, &withdrawal_table, BOURSE_WITHDRAWAL, withdrawal_statuses);
}

PARSE(deposits) { return bourse_read_rows(call, reply, deposit_row); }
PARSE(withdrawals) { return bourse_read_rows(call, reply, withdrawal_row); }

/* From a time on: ninety days at most. */
static void put_history(bourse_call *call) {
  int64_t until_ns = call->until_ns;
  if (call->since_ns != 0 && (until_ns == 0 || until_ns - call->since_ns > 90 * BINANCE_DAY))
    until_ns = call->since_ns + 90 * BINANCE_DAY;
  bourse_put(call, "coin", call->request->currency);
  bourse_put_ms(call, "startTime", call->since_ns);
  bourse_put_ms(call, "endTime", until_ns);
  bourse_put_uint(call, "limit", call->limit);
}

BUILD(deposits) {
  put_history(call);
  bourse_put(call, "txId", call->request->id);
  return BOURSE_OK;
}

BUILD(withdrawals) {
  put_history(call);
  bourse_put(call, "idList", call->request->id);
  return BOURSE_OK;
}

BUILD(withdraw) {
  const bourse_request *request = call->request;
  if (request->wallet != 0 && request->wallet != BOURSE_WALLET_SPOT && request->wallet != BOURSE_WALLET_FUNDING)
    return bourse_unsupported(call, "wallet", "money leaves from the spot or the funding wallet");
  bourse_put(call, "coin", request->currency);
  bourse_put(call, "address", request->address);
  bourse_put(call, "addressTag", request->tag);
  bourse_put(call, "network", bourse__binance_network_id(request->network));
  bourse_put_decimal(call, "amount", &request->amount);
  bourse_put(call, "withdrawOrderId", request->id);
  if (request->wallet != 0) bourse_put(call, "walletType", request->wallet == BOURSE_WALLET_FUNDING ? "1" : "0");
  return BOURSE_OK;
}

/* The answer is the id alone. What arrives is less by the fee, which is not told yet. */
PARSE(withdraw) {
  transaction_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_read_object(call, reply, &withdrawal_table, &row);
  if (code == BOURSE_OK && row.transaction.id == NULL) code = no_id(call, "id");
  if (code != BOURSE_OK) return code;
  return bourse_append_withdrawal(call, row.transaction.id) == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}

/* --- Borrowing --- */

static int32_t put_isolated_symbol(bourse_call *call) {
  if (call->request->margin_mode == BOURSE_MARGIN_ISOLATED && bourse_need_market(call) == NULL)
    return BOURSE_ERROR_ARGUMENT;
  if (call->request->margin_mode == BOURSE_MARGIN_CROSS && call->market != NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "symbol", "the cross margin account has no symbol");
  if (call->market != NULL) bourse_put(call, "isolatedSymbol", call->market->id);
  return BOURSE_OK;
}

static int32_t is_isolated(const bourse_call *call) {
  return call->market != NULL || call->request->margin_mode == BOURSE_MARGIN_ISOLATED;
}

/* With a symbol: on its isolated account. */
BUILD(borrow) {
  const bourse_request *request = call->request;
  if (is_isolated(call) && bourse_need_market(call) == NULL) return BOURSE_ERROR_ARGUMENT;
  if (is_isolated(call) && request->margin_mode == BOURSE_MARGIN_CROSS)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "symbol", "the cross margin account has no symbol");
  bourse_put(call, "asset", request->currency);
  bourse_put_decimal(call, "amount", &request->amount);
  bourse_put(call, "isIsolated", is_isolated(call) ? "TRUE" : "FALSE");
  if (is_isolated(call)) bourse_put(call, "symbol", call->market->id);
  bourse_put(call, "type", call->operation == BOURSE_OP_BORROW_MARGIN ? "BORROW" : "REPAY");
  return BOURSE_OK;
}

typedef struct loan_row {
  bourse_loan loan;
  const char *market[2];
  bourse_decimal principal; /* the amount without the interest that was paid back with it */
} loan_row;

static const bourse_field loan_fields[] = {
    BOURSE_FIELD("tranId", ID, loan_row, loan.id),
    BOURSE_FIELD("txId", ID, loan_row, loan.id),
    BOURSE_FIELD_CUSTOM("isolatedSymbol", loan_row, market, bourse_decode_spot_market),
    BOURSE_FIELD("asset", STRING, loan_row, loan.currency),
    BOURSE_FIELD("amount", DECIMAL, loan_row, loan.amount),
    BOURSE_FIELD("principal", DECIMAL, loan_row, principal),
    BOURSE_FIELD("interest", DECIMAL, loan_row, loan.interest),
    BOURSE_FIELD_ENUM("status", loan_row, loan.status, bourse__binance_transfer_status),
    BOURSE_FIELD("timestamp", TIME_MS, loan_row, loan.time_ns),
};
static const bourse_table loan_table = BOURSE_TABLE(loan_fields);

PARSE(borrow) {
  loan_row row;
  const bourse_request *request = call->request;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_read_object(call, reply, &loan_table, &row);
  if (code == BOURSE_OK && row.loan.id == NULL) code = no_id(call, "tranId");
  bourse_loan *loan = code == BOURSE_OK ? bourse_append(call, BOURSE_KIND_LOAN) : NULL;
  if (loan == NULL) return code != BOURSE_OK ? code : BOURSE_ERROR_MEMORY;
  loan->id = row.loan.id;
  loan->currency = request->currency;
  loan->symbol = call->market == NULL ? NULL : call->market->symbol;
  loan->kind = call->operation == BOURSE_OP_BORROW_MARGIN ? BOURSE_LOAN_BORROW : BOURSE_LOAN_REPAY;
  loan->amount = request->amount;
  loan->time_ns = call->now_ns;
  return BOURSE_OK;
}

/* What was borrowed and what was paid back are two lists. */
BUILD(loans) {
  int32_t code = put_isolated_symbol(call);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "type", call->scratch[0] == 0 ? "BORROW" : "REPAY");
  bourse_put(call, "asset", call->request->currency);
  bourse_put(call, "txId", call->request->id);
  return bourse__binance_put_page(call);
}

static int32_t loan_row_read(bourse_call *call, bourse_decoder *decoder) {
  loan_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &loan_table, &row);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, row.loan.currency != NULL, "asset");
  if (code != BOURSE_OK) return code;
  bourse_loan *loan = bourse_append(call, BOURSE_KIND_LOAN);
  if (loan == NULL) return BOURSE_ERROR_MEMORY;
  *loan = row.loan;
  if (!bourse_decimal_is_present(&loan->amount)) loan->amount = row.principal;
  loan->symbol = row.market[0] != NULL ? row.market[0] : row.market[1];
  loan->kind = call->scratch[0] == 0 ? BOURSE_LOAN_BORROW : BOURSE_LOAN_REPAY;
  return BOURSE_OK;
}

PARSE(loans) {
  int32_t code = bourse__binance_pages(call, reply, loan_row_read);
  if (code != BOURSE_OK) return code;
  call->scratch[0] = call->scratch[0] == 0;
  return call->scratch[0] != 0 ? BOURSE_CONTINUE : BOURSE_OK;
}

/* --- What borrowing costs --- */

typedef struct rate_row {
  bourse_borrow_rate rate;
  const char *market[2];
} rate_row;

static const bourse_field rate_fields[] = {
    BOURSE_FIELD("asset", STRING, rate_row, rate.currency),
    BOURSE_FIELD("coin", STRING, rate_row, rate.currency),
    BOURSE_FIELD("dailyInterestRate", DECIMAL, rate_row, rate.rate),
    BOURSE_FIELD("dailyInterest", DECIMAL, rate_row, rate.rate),
    BOURSE_FIELD("borrowLimit", DECIMAL, rate_row, rate.limit),
    BOURSE_FIELD("timestamp", TIME_MS, rate_row, rate.time_ns),
};
static const bourse_table rate_table = BOURSE_TABLE(rate_fields);

BUILD(borrow_rate) {
  if (call->request->currency == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, "currency",
                       "currency is needed, or the symbol of an isolated account");
  bourse_put(call, "asset", call->request->currency);
  return BOURSE_OK;
}

BUILD(isolated_rates) {
  const bourse_market *market = bourse_need_market(call);
  if (market == NULL) return BOURSE_ERROR_ARGUMENT;
  bourse_put(call, "symbol", market->id);
  return BOURSE_OK;
}

BUILD(borrow_rate_history) {
  if (call->request->margin_mode == BOURSE_MARGIN_ISOLATED)
    return bourse_unsupported(call, "margin_mode", "past rates are those of cross margin");
  bourse_put(call, "asset", call->request->currency);
  bourse_put_range(call, "startTime", "endTime", "limit");
  return BOURSE_OK;
}

static int32_t rate_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_borrow_rate rate;
  memset(&rate, 0, sizeof rate);
  int32_t code = bourse_decode_object(decoder, &rate_table, &rate);
  if (code == BOURSE_OK) code = bourse_decode_need(decoder, rate.currency != NULL, "asset");
  if (code != BOURSE_OK) return code;
  /* The newest comes first; for the rate now it is the only one that counts. */
  if (call->operation == BOURSE_OP_FETCH_BORROW_RATE && bourse_appended(call) > 0) return BOURSE_OK;
  bourse_borrow_rate *record = bourse_append(call, BOURSE_KIND_BORROW_RATE);
  if (record == NULL) return BOURSE_ERROR_MEMORY;
  *record = rate;
  record->interval_ns = BINANCE_DAY;
  return BOURSE_OK;
}

PARSE(borrow_rates) { return bourse_read_rows(call, reply, rate_row_read); }
PARSE(cross_rates) { return bourse_read_rows(call, reply, rate_row_read); }

/* One market, two currencies. */
static int32_t isolated_rate_row(bourse_call *call, bourse_decoder *decoder) {
  bourse_borrow_rate *rate = bourse_append(call, BOURSE_KIND_BORROW_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  rate->interval_ns = BINANCE_DAY;
  int32_t code = bourse_decode_object(decoder, &rate_table, rate);
  return code == BOURSE_OK ? bourse_decode_need(decoder, rate->currency != NULL, "coin") : code;
}

static int32_t read_isolated_data(bourse_decoder *decoder, void *member) {
  (void)member;
  return bourse_read_array(decoder->user_data, decoder, "data", isolated_rate_row);
}

static const bourse_field isolated_fields[] = {
    BOURSE_FIELD_CUSTOM("symbol", rate_row, market, bourse_decode_spot_market),
    BOURSE_FIELD_FULL("data", CUSTOM, rate_row, rate, BOURSE_FIELD_REQUIRED, NULL, read_isolated_data),
};
static const bourse_table isolated_table = BOURSE_TABLE(isolated_fields);

static int32_t isolated_row_read(bourse_call *call, bourse_decoder *decoder) {
  rate_row row;
  uint32_t first = bourse_appended(call);
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &isolated_table, &row);
  for (uint32_t i = first; i < bourse_appended(call); i++)
    ((bourse_borrow_rate *)bourse_appended_at(call, i))->symbol = row.market[0] != NULL ? row.market[0] : row.market[1];
  return code;
}

PARSE(isolated_rates) { return bourse_read_rows(call, reply, isolated_row_read); }

typedef struct interest_row {
  bourse_borrow_interest interest;
  const char *market[2];
} interest_row;

static const bourse_field interest_fields[] = {
    BOURSE_FIELD("txId", ID, interest_row, interest.id),
    BOURSE_FIELD("interestAccuredTime", TIME_MS, interest_row, interest.time_ns),
    BOURSE_FIELD_MUST("asset", STRING, interest_row, interest.currency),
    BOURSE_FIELD("principal", DECIMAL, interest_row, interest.principal),
    BOURSE_FIELD_MUST("interest", DECIMAL, interest_row, interest.interest),
    BOURSE_FIELD("interestRate", DECIMAL, interest_row, interest.rate),
    BOURSE_FIELD_CUSTOM("isolatedSymbol", interest_row, market, bourse_decode_spot_market),
};
static const bourse_table interest_table = BOURSE_TABLE(interest_fields);

BUILD(borrow_interest) {
  int32_t code = put_isolated_symbol(call);
  if (code != BOURSE_OK) return code;
  bourse_put(call, "asset", call->request->currency);
  return bourse__binance_put_page(call);
}

static int32_t interest_row_read(bourse_call *call, bourse_decoder *decoder) {
  interest_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &interest_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_borrow_interest *interest = bourse_append(call, BOURSE_KIND_BORROW_INTEREST);
  if (interest == NULL) return BOURSE_ERROR_MEMORY;
  *interest = row.interest;
  interest->symbol = row.market[0] != NULL ? row.market[0] : row.market[1];
  interest->margin_mode = interest->symbol != NULL ? BOURSE_MARGIN_ISOLATED : BOURSE_MARGIN_CROSS;
  return BOURSE_OK;
}

PARSE(borrow_interest) { return bourse__binance_pages(call, reply, interest_row_read); }

static const bourse_field limit_fields[] = {BOURSE_FIELD_MUST("amount", DECIMAL, bourse_borrow_rate, limit)};
static const bourse_table limit_table = BOURSE_TABLE(limit_fields);

BUILD(borrow_limit) {
  bourse_put(call, "asset", call->request->currency);
  return put_isolated_symbol(call);
}

PARSE(borrow_limit) {
  bourse_borrow_rate *rate = bourse_append(call, BOURSE_KIND_BORROW_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  rate->currency = call->request->currency;
  rate->symbol = call->market == NULL ? NULL : call->market->symbol;
  rate->time_ns = call->now_ns;
  return bourse_read_object(call, reply, &limit_table, rate);
}
