/* exchange/kucoin/wallet.c - transfers, deposits, withdrawals. */
#include <inttypes.h>
#include <string.h>

#include "exchange/kucoin/kucoin.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Transfers --- */

static const bourse_name wallets[] = {
    {"MAIN", BOURSE_WALLET_FUNDING},    {"TRADE", BOURSE_WALLET_SPOT},
    {"MARGIN_V2", BOURSE_WALLET_CROSS}, {"ISOLATED_V2", BOURSE_WALLET_ISOLATED},
    {"CONTRACT", BOURSE_WALLET_LINEAR}, {"CONTRACT", BOURSE_WALLET_INVERSE},
    {"OPTION", BOURSE_WALLET_OPTION},   {NULL, 0},
};

/* What the interface of unified accounts calls them; those of classic accounts are reached by it, too. */
static const bourse_name unified_wallets[] = {
    {"UNIFIED", BOURSE_WALLET_UNIFIED},   {"FUNDING", BOURSE_WALLET_FUNDING},
    {"SPOT", BOURSE_WALLET_SPOT},         {"CROSS", BOURSE_WALLET_CROSS},
    {"ISOLATED", BOURSE_WALLET_ISOLATED}, {"FUTURES", BOURSE_WALLET_LINEAR},
    {"FUTURES", BOURSE_WALLET_INVERSE},   {NULL, 0},
};

typedef struct transfer_end {
  int32_t wallet;
  int32_t reserved;
  const char *symbol;
  const char *wallet_field, *symbol_field; /* of the request */
  const char *type, *tag;                  /* of what is sent */
} transfer_end;

/* An isolated account goes by its market. */
static int32_t put_account(bourse_call *call, const transfer_end *end) {
  int32_t unified = call->endpoint->variant == KUCOIN_UNIFIED;
  const char *type = bourse_name_text(unified ? unified_wallets : wallets, end->wallet);
  if (type == NULL)
    return bourse_unsupported(call, end->wallet_field,
                              unified ? "the wallets are unified, funding, spot, cross, isolated, linear and inverse"
                                      : "the wallets are funding, spot, cross, isolated, linear, inverse and option");
  bourse_put(call, end->type, type);
  if (end->wallet != BOURSE_WALLET_ISOLATED) {
    if (end->symbol == NULL) return BOURSE_OK;
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, end->symbol_field,
                       "%s names an isolated margin account; that wallet is another", end->symbol_field);
  }
  if (end->symbol == NULL)
    return bourse_fail(call, BOURSE_ERROR_ARGUMENT, end->symbol_field,
                       "%s is needed: the market of the isolated margin account", end->symbol_field);
  char *id = bourse_arena_copy(call->arena, end->symbol, strlen(end->symbol));
  if (id == NULL) return bourse_fail_memory(call);
  for (char *c = id; *c != '\0'; c++)
    if (*c == '/') *c = '-';
  const bourse_market *market = bourse__kucoin_market(call, bourse_slice_of(id));
  if (market == NULL)
    return bourse_fail(call, BOURSE_ERROR_UNKNOWN_SYMBOL, end->symbol_field,
                       "KuCoin lists no spot market called \"%s\"", end->symbol);
  bourse_put(call, end->tag, market->id);
  return BOURSE_OK;
}

/* Every transfer has an id of the client's; the moment makes one where none is given. */
BUILD(transfer) {
  const bourse_request *request = call->request;
  int32_t unified = call->endpoint->variant == KUCOIN_UNIFIED;
  const transfer_end from = {request->from_wallet,
                             0,
                             request->from_symbol,
                             "from_wallet",
                             "from_symbol",
                             "fromAccountType",
                             unified ? "fromAccountSymbol" : "fromAccountTag"};
  const transfer_end to = {request->to_wallet,
                           0,
                           request->to_symbol,
                           "to_wallet",
                           "to_symbol",
                           "toAccountType",
                           unified ? "toAccountSymbol" : "toAccountTag"};
  char *id = bourse_arena_format(call->arena, "%" PRId64, call->now_ns);
  if (id == NULL) return bourse_fail_memory(call);
  bourse_put(call, "clientOid", request->id != NULL ? request->id : id);
  bourse_put(call, "currency", request->currency); /* on this host bitcoin has the usual name */
  bourse_put_decimal(call, "amount", &request->amount);
  bourse_put(call, "type", unified ? "0" : "INTERNAL");
  int32_t code = put_account(call, &from);
  return code == BOURSE_OK ? put_account(call, &to) : code;
}

typedef struct id_row {
  const char *id;
} id_row;
static const bourse_field transfer_fields[] = {BOURSE_FIELD_MUST("orderId", ID, id_row, id)};
static const bourse_table transfer_table = BOURSE_TABLE(transfer_fields);

PARSE(transfer) {
  id_row row = {NULL};
  int32_t code = bourse__kucoin_object(call, reply, &transfer_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_transfer *transfer = bourse_append(call, BOURSE_KIND_TRANSFER);
  if (transfer == NULL) return BOURSE_ERROR_MEMORY;
  bourse_set_transfer(transfer, call);
  transfer->id = row.id;
  return BOURSE_OK;
}

/* The account's book tells one side of a transfer: which wallet it left, or which it came to. */
BUILD(transfers) {
  if (call->request->from_symbol != NULL || call->request->to_symbol != NULL)
    return bourse_unsupported(call, call->request->from_symbol != NULL ? "from_symbol" : "to_symbol",
                              "the account's book is by currency and time");
  bourse_put(call, "bizType", "TRANSFER");
  bourse_put(call, "currency", call->request->currency);
  return bourse__kucoin_put_page(call, 500);
}

static const bourse_name booked_wallets[] = {
    {"MAIN", BOURSE_WALLET_FUNDING},         {"TRADE", BOURSE_WALLET_SPOT},      {"TRADE_HF", BOURSE_WALLET_SPOT},
    {"MARGIN", BOURSE_WALLET_CROSS},         {"MARGIN_V2", BOURSE_WALLET_CROSS}, {"ISOLATED", BOURSE_WALLET_ISOLATED},
    {"ISOLATED_V2", BOURSE_WALLET_ISOLATED}, {"CONTRACT", BOURSE_WALLET_LINEAR}, {NULL, 0},
};

typedef struct transfer_row {
  bourse_transfer transfer;
  bourse_slice direction;
  int32_t wallet;
  int32_t reserved;
} transfer_row;

static const bourse_field booked_fields[] = {
    BOURSE_FIELD_MUST("id", ID, transfer_row, transfer.id),
    BOURSE_FIELD_FULL("currency", CUSTOM, transfer_row, transfer.currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_currency),
    BOURSE_FIELD_MUST("amount", DECIMAL, transfer_row, transfer.amount),
    BOURSE_FIELD_ENUM("accountType", transfer_row, wallet, booked_wallets),
    BOURSE_FIELD("bizType", STRING, transfer_row, transfer.native_type),
    BOURSE_FIELD_FULL("direction", SLICE, transfer_row, direction, BOURSE_FIELD_REQUIRED, NULL, NULL),
    BOURSE_FIELD_FULL("createdAt", CUSTOM, transfer_row, transfer.time_ns, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_time),
};
static const bourse_table booked_table = BOURSE_TABLE(booked_fields);

static int32_t transfer_row_read(bourse_call *call, bourse_decoder *decoder) {
  const bourse_request *request = call->request;
  transfer_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &booked_table, &row);
  if (code != BOURSE_OK || !bourse_in_range(call, row.transfer.time_ns)) return code;
  *(bourse_slice_is(row.direction, "out") ? &row.transfer.from : &row.transfer.to) = row.wallet;
  if ((request->from_wallet != 0 && request->from_wallet != row.transfer.from) ||
      (request->to_wallet != 0 && request->to_wallet != row.transfer.to))
    return BOURSE_OK;
  bourse_transfer *transfer = bourse_append(call, BOURSE_KIND_TRANSFER);
  if (transfer == NULL) return BOURSE_ERROR_MEMORY;
  *transfer = row.transfer;
  bourse_decimal_absolute(&transfer->amount);
  transfer->status = BOURSE_TRANSFER_OK;
  return BOURSE_OK;
}

PARSE(transfers) { return bourse__kucoin_pages(call, reply, transfer_row_read); }

/* --- Deposit addresses --- */

static int32_t put_chain(bourse_call *call) {
  const char *network = call->request->network, *chain = bourse__kucoin_network_id(call, network);
  if (network != NULL && chain == NULL) return bourse_fail_memory(call);
  bourse_put(call, "chain", chain);
  return BOURSE_OK;
}

BUILD(address) {
  bourse_put(call, "currency", call->request->currency);
  return put_chain(call);
}

typedef struct address_row {
  bourse_deposit_address address;
  const char *chain;
} address_row;

static const bourse_field address_fields[] = {
    BOURSE_FIELD_MUST("address", STRING, address_row, address.address),
    BOURSE_FIELD("memo", STRING, address_row, address.tag),
    BOURSE_FIELD("chainId", STRING, address_row, chain),
    BOURSE_FIELD("to", CHECK, address_row, address),
    KUCOIN_CURRENCY("currency", address_row, address.currency),
};
static const bourse_table address_table = BOURSE_TABLE(address_fields);

static int32_t address_row_read(bourse_call *call, bourse_decoder *decoder) {
  address_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &address_table, &row);
  if (code != BOURSE_OK) return code;
  const char *wanted = bourse__kucoin_network_id(call, call->request->network);
  if (wanted != NULL && row.chain != NULL && strcmp(wanted, row.chain) != 0) return BOURSE_OK;
  if (call->operation != BOURSE_OP_FETCH_DEPOSIT_ADDRESSES && bourse_appended(call) > 0) return BOURSE_OK;
  bourse_deposit_address *address = bourse_append(call, BOURSE_KIND_DEPOSIT_ADDRESS);
  if (address == NULL) return BOURSE_ERROR_MEMORY;
  *address = row.address;
  if (address->currency == NULL) address->currency = call->request->currency;
  if (address->tag != NULL && address->tag[0] == '\0') address->tag = NULL;
  address->network = bourse__kucoin_network_name(row.chain);
  return BOURSE_OK;
}

PARSE(addresses) {
  int32_t code = bourse__kucoin_rows(call, reply, address_row_read);
  if (code != BOURSE_OK || bourse_appended(call) > 0 || call->operation == BOURSE_OP_FETCH_DEPOSIT_ADDRESSES)
    return code;
  return bourse_fail(call, BOURSE_ERROR_NOT_FOUND, "currency",
                     "there is no address yet for %s; create_deposit_address makes one", call->request->currency);
}

/* --- Deposits and withdrawals --- */

static const bourse_name statuses[] = {
    {"SUCCESS", BOURSE_TRANSFER_OK},
    {"FAILURE", BOURSE_TRANSFER_FAILED},
    {"PROCESSING", BOURSE_TRANSFER_PENDING},
    {"WALLET_PROCESSING", BOURSE_TRANSFER_PENDING},
    {"REVIEW", BOURSE_TRANSFER_PENDING},
    {"WAIT_TRM_MGT", BOURSE_TRANSFER_PENDING}, /* held until its origin is told */
    {NULL, 0},
};

typedef struct transaction_row {
  bourse_transaction transaction;
  const char *chain;
} transaction_row;

static const bourse_field transaction_fields[] = {
    BOURSE_FIELD("id", ID, transaction_row, transaction.id),
    BOURSE_FIELD_FULL("currency", CUSTOM, transaction_row, transaction.currency, BOURSE_FIELD_REQUIRED, NULL,
                      bourse__kucoin_read_currency),
    BOURSE_FIELD("chain", STRING, transaction_row, chain),
    BOURSE_FIELD("status", STRING, transaction_row, transaction.native_status),
    BOURSE_FIELD("address", STRING, transaction_row, transaction.address),
    BOURSE_FIELD("memo", STRING, transaction_row, transaction.tag),
    BOURSE_FIELD("isInner", BOOL, transaction_row, transaction.internal),
    BOURSE_FIELD_MUST("amount", DECIMAL, transaction_row, transaction.amount),
    BOURSE_FIELD("fee", DECIMAL, transaction_row, transaction.fee),
    BOURSE_FIELD("walletTxId", STRING, transaction_row, transaction.transaction_hash),
    KUCOIN_TIME("createdAt", transaction_row, transaction.time_ns),
    KUCOIN_TIME("updatedAt", transaction_row, transaction.updated_ns),
};
static const bourse_table transaction_table = BOURSE_TABLE(transaction_fields);

/* "hash@number": the number counts what came with one transaction. */
static int32_t cut_hash(bourse_call *call, bourse_transaction *transaction) {
  const char *hash = transaction->transaction_hash, *at = hash == NULL ? NULL : strchr(hash, '@');
  if (at == NULL) return BOURSE_OK;
  transaction->transaction_hash = bourse_arena_copy(call->arena, hash, (size_t)(at - hash));
  return transaction->transaction_hash != NULL ? BOURSE_OK : bourse_fail_memory(call);
}

static const char *none_if_empty(const char *text) { return text != NULL && text[0] != '\0' ? text : NULL; }

static int32_t is_named(const bourse_call *call, const bourse_transaction *transaction) {
  const char *id = call->request->id, *hash = transaction->transaction_hash;
  return id == NULL || (transaction->id != NULL && strcmp(transaction->id, id) == 0) ||
         (hash != NULL && strcmp(hash, id) == 0);
}

static int32_t transaction_row_read(bourse_call *call, bourse_decoder *decoder) {
  transaction_row row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &transaction_table, &row);
  if (code == BOURSE_OK) code = cut_hash(call, &row.transaction);
  if (code != BOURSE_OK || !is_named(call, &row.transaction) || !bourse_in_range(call, row.transaction.time_ns))
    return code;
  bourse_transaction *transaction = bourse_append(call, BOURSE_KIND_TRANSACTION);
  if (transaction == NULL) return BOURSE_ERROR_MEMORY;
  *transaction = row.transaction;
  transaction->network = bourse__kucoin_network_name(none_if_empty(row.chain));
  transaction->tag = none_if_empty(transaction->tag);
  transaction->transaction_hash = none_if_empty(transaction->transaction_hash);
  transaction->direction = call->operation == BOURSE_OP_FETCH_WITHDRAWALS ? BOURSE_WITHDRAWAL : BOURSE_DEPOSIT;
  transaction->status = bourse_name_value(statuses, bourse_slice_of(transaction->native_status));
  return BOURSE_OK;
}

BUILD(transactions) {
  bourse_put(call, "currency", call->request->currency);
  return bourse__kucoin_put_page(call, 500);
}

PARSE(transactions) { return bourse__kucoin_pages(call, reply, transaction_row_read); }

/* --- Sending money --- */

BUILD(withdraw) {
  const bourse_request *request = call->request;
  if (request->wallet != 0 && request->wallet != BOURSE_WALLET_FUNDING)
    return bourse_unsupported(call, "wallet", "money leaves from the funding wallet");
  if (request->id != NULL) return bourse_unsupported(call, "id", "withdrawals have no client id");
  bourse_put(call, "currency", request->currency);
  bourse_put(call, "toAddress", request->address);
  bourse_put_decimal(call, "amount", &request->amount);
  bourse_put(call, "withdrawType", "ADDRESS");
  bourse_put(call, "memo", request->tag);
  return put_chain(call);
}

static const bourse_field withdrawal_fields[] = {BOURSE_FIELD_MUST("withdrawalId", ID, id_row, id)};
static const bourse_table withdrawal_table = BOURSE_TABLE(withdrawal_fields);

PARSE(withdraw) {
  id_row row = {NULL};
  int32_t code = bourse__kucoin_object(call, reply, &withdrawal_table, &row);
  if (code != BOURSE_OK) return code;
  return bourse_append_withdrawal(call, row.id) == NULL ? BOURSE_ERROR_MEMORY : BOURSE_OK;
}
