/* exchange/bybit/wallet.c - transfers, deposits, withdrawals, borrowing on margin. */
#include <inttypes.h>
#include <string.h>

#include "exchange/bybit/bybit.h"

#define PRESENT(value_) bourse_decimal_is_present(&(value_))

/* --- Transfers --- */

/* All trading shares one wallet. */
static const bourse_name wallets[] = {
    {"UNIFIED", BOURSE_WALLET_UNIFIED}, {"FUND", BOURSE_WALLET_FUNDING},  {"SPOT", BOURSE_WALLET_SPOT},
    {"CONTRACT", BOURSE_WALLET_LINEAR}, {"OPTION", BOURSE_WALLET_OPTION}, {NULL, 0},
};

/* "UNIFIED" or "FUND", NULL after failing. */
static const char *wallet_name(bourse_call *call, const char *field, int32_t wallet) {
  switch (wallet) {
    case BOURSE_WALLET_FUNDING: return "FUND";
    case BOURSE_WALLET_UNIFIED:
    case BOURSE_WALLET_SPOT:
    case BOURSE_WALLET_CROSS:
    case BOURSE_WALLET_LINEAR:
    case BOURSE_WALLET_INVERSE:
    case BOURSE_WALLET_OPTION: return "UNIFIED";
    default: break;
  }
  bourse_unsupported(call, field, "the wallets are unified, which all trading shares, and funding");
  return NULL;
}

/* A transfer is named by a UUID. Where the caller gave none it is made of what is asked for, by whom and when: the same moment
 * names the same transfer, which is refused the second time. */
static const char *make_uuid(bourse_call *call) {
  static const size_t bars[] = {8, 13, 18, 23};
  uint8_t hash[32];
  bourse_text text, hex;
  const bourse_request *request = call->request;
  bourse_text_init(&text, call->arena);
  bourse_text_init(&hex, call->arena);
  bourse_text_string(&text, call->api_key);
  bourse_text_string(&text, request->currency);
  bourse_text_decimal(&text, &request->amount);
  bourse_text_int(&text, request->from_wallet);
  bourse_text_int(&text, call->now_ns);
  if (bourse_text_finish(&text) == NULL) return NULL;
  bourse_sha256(hash, text.data, text.length);
  hash[6] = (uint8_t)(0x40 | (hash[6] & 0x0f)); /* version and variant of random ones */
  hash[8] = (uint8_t)(0x80 | (hash[8] & 0x3f));
  bourse_text_hex(&hex, hash, 16);
  if (bourse_text_finish(&hex) == NULL) return NULL;
  char *uuid = bourse_arena_alloc(call->arena, 37);
  for (size_t i = 0, from = 0, bar = 0; uuid != NULL && i < 36; i++) {
    if (bar < 4 && i == bars[bar]) {
      uuid[i] = '-';
      bar++;
    } else {
      uuid[i] = hex.data[from++];
    }
  }
  return uuid;
}

BUILD(transfer) {
  const bourse_request *request = call->request;
  const char *from = wallet_name(call, "from_wallet", request->from_wallet);
  const char *to = from == NULL ? NULL : wallet_name(call, "to_wallet", request->to_wallet);
  if (to == NULL) return BOURSE_ERROR_UNSUPPORTED;
  if (strcmp(from, to) == 0) return bourse_unsupported(call, "to_wallet", "both wallets are the same");
  if (request->from_symbol != NULL || request->to_symbol != NULL)
    return bourse_unsupported(call, request->from_symbol != NULL ? "from_symbol" : "to_symbol",
                              "there are no isolated margin accounts");
  const char *id = request->id != NULL ? request->id : make_uuid(call);
  if (id == NULL) return bourse_fail_memory(call);
  bourse_put(call, "transferId", id);
  bourse_put(call, "coin", request->currency);
  bourse_put_decimal(call, "amount", &request->amount);
  bourse_put(call, "fromAccountType", from);
  bourse_put(call, "toAccountType", to);
  return BOURSE_OK;
}

static const bourse_name transfer_statuses[] = {
    {"SUCCESS", BOURSE_TRANSFER_OK},
    {"PENDING", BOURSE_TRANSFER_PENDING},
    {"FAILED", BOURSE_TRANSFER_FAILED},
    {"STATUS_UNKNOWN", BOURSE_TRANSFER_PENDING},
    {NULL, 0},
};

static const bourse_field transfer_fields[] = {
    BOURSE_FIELD_MUST("transferId", ID, bourse_transfer, id),
    BOURSE_FIELD("coin", STRING, bourse_transfer, currency),
    BOURSE_FIELD("amount", DECIMAL, bourse_transfer, amount),
    BOURSE_FIELD_ENUM("fromAccountType", bourse_transfer, from, wallets),
    BOURSE_FIELD_ENUM("toAccountType", bourse_transfer, to, wallets),
    BOURSE_FIELD_CUSTOM("timestamp", bourse_transfer, time_ns, bourse_decode_time_ms),
    BOURSE_FIELD("status", STRING, bourse_transfer, native_status),
};
static const bourse_table transfer_table = BOURSE_TABLE(transfer_fields);

static void finish_transfer(bourse_transfer *transfer) {
  transfer->status = bourse_name_value(transfer_statuses, bourse_slice_of(transfer->native_status));
}

PARSE(transfer) {
  bourse_transfer row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__bybit_object(call, reply, &transfer_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_transfer *transfer = bourse_append(call, BOURSE_KIND_TRANSFER);
  if (transfer == NULL) return BOURSE_ERROR_MEMORY;
  *transfer = row;
  finish_transfer(transfer);
  bourse_set_transfer(transfer, call);
  return BOURSE_OK;
}

BUILD(transfers) {
  bourse_put(call, "coin", call->request->currency);
  bourse__bybit_put_page(call);
  return BOURSE_OK;
}

static int32_t transfer_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_transfer row;
  const bourse_request *request = call->request;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &transfer_table, &row);
  if (code != BOURSE_OK) return code;
  if (request->from_wallet != 0 && request->from_wallet != row.from) return BOURSE_OK;
  if (request->to_wallet != 0 && request->to_wallet != row.to) return BOURSE_OK;
  bourse_transfer *transfer = bourse_append(call, BOURSE_KIND_TRANSFER);
  if (transfer == NULL) return BOURSE_ERROR_MEMORY;
  *transfer = row;
  finish_transfer(transfer);
  return BOURSE_OK;
}

PARSE(transfers) { return bourse__bybit_pages(call, reply, "list", transfer_row_read); }

/* --- Deposits and withdrawals --- */

BUILD(address) {
  bourse_put(call, "coin", call->request->currency);
  bourse_put(call, "chainType", bourse__bybit_network_id(call->request->network));
  return BOURSE_OK;
}

static const bourse_field address_fields[] = {
    BOURSE_FIELD_MUST("addressDeposit", STRING, bourse_deposit_address, address),
    BOURSE_FIELD_CUSTOM("tagDeposit", bourse_deposit_address, tag, bourse__bybit_read_text),
    BOURSE_FIELD_MUST("chain", STRING, bourse_deposit_address, network),
};
static const bourse_table address_table = BOURSE_TABLE(address_fields);

/* Where one address is wanted it is the first. */
static int32_t address_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_deposit_address row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &address_table, &row);
  if (code != BOURSE_OK) return code;
  if (call->operation == BOURSE_OP_FETCH_DEPOSIT_ADDRESS && bourse_appended(call) > 0) return BOURSE_OK;
  bourse_deposit_address *address = bourse_append(call, BOURSE_KIND_DEPOSIT_ADDRESS);
  if (address == NULL) return BOURSE_ERROR_MEMORY;
  *address = row;
  address->currency = call->request->currency;
  address->network = bourse__bybit_network_name(row.network);
  return BOURSE_OK;
}

PARSE(addresses) {
  int32_t code = bourse__bybit_list(call, reply, "chains", address_row_read, NULL);
  if (code != BOURSE_OK || call->operation != BOURSE_OP_FETCH_DEPOSIT_ADDRESS || bourse_appended(call) > 0) return code;
  return bourse_fail(call, BOURSE_ERROR_NOT_FOUND, "currency", "there is no address for %s", call->request->currency);
}

/* Crediting is on its way; what begins with 7 is being taken back. */
static const bourse_name deposit_statuses[] = {
    {"0", BOURSE_TRANSFER_PENDING},     {"1", BOURSE_TRANSFER_PENDING},     {"2", BOURSE_TRANSFER_PENDING},
    {"3", BOURSE_TRANSFER_OK},          {"4", BOURSE_TRANSFER_FAILED},      {"7", BOURSE_TRANSFER_FAILED},
    {"10011", BOURSE_TRANSFER_PENDING}, {"10012", BOURSE_TRANSFER_PENDING}, {"70011", BOURSE_TRANSFER_PENDING},
    {"70012", BOURSE_TRANSFER_PENDING}, {"70013", BOURSE_TRANSFER_FAILED},  {NULL, 0},
};

static const bourse_name withdrawal_statuses[] = {
    {"SecurityCheck", BOURSE_TRANSFER_PENDING},
    {"Pending", BOURSE_TRANSFER_PENDING},
    {"MoreInformationRequired", BOURSE_TRANSFER_PENDING},
    {"BlockchainConfirmed", BOURSE_TRANSFER_OK},
    {"success", BOURSE_TRANSFER_OK},
    {"CancelByUser", BOURSE_TRANSFER_CANCELED},
    {"Reject", BOURSE_TRANSFER_FAILED},
    {"Fail", BOURSE_TRANSFER_FAILED},
    {"Unknown", BOURSE_TRANSFER_PENDING},
    {NULL, 0},
};

typedef struct transaction_row {
  bourse_transaction transaction;
  const char *chain;
  int64_t kind; /* of withdrawals: 1 is inside the exchange */
} transaction_row;

static const bourse_field deposit_fields[] = {
    BOURSE_FIELD("id", ID, transaction_row, transaction.id),
    BOURSE_FIELD_MUST("coin", STRING, transaction_row, transaction.currency),
    BOURSE_FIELD("chain", STRING, transaction_row, chain),
    BOURSE_FIELD_MUST("amount", DECIMAL, transaction_row, transaction.amount),
    BOURSE_FIELD_CUSTOM("txID", transaction_row, transaction.transaction_hash, bourse__bybit_read_text),
    BOURSE_FIELD("status", ID, transaction_row, transaction.native_status),
    BOURSE_FIELD_CUSTOM("toAddress", transaction_row, transaction.address, bourse__bybit_read_text),
    BOURSE_FIELD_CUSTOM("tag", transaction_row, transaction.tag, bourse__bybit_read_text),
    BOURSE_FIELD("depositFee", DECIMAL, transaction_row, transaction.fee),
    BOURSE_FIELD_CUSTOM("successAt", transaction_row, transaction.time_ns, bourse_decode_time_ms),
    BOURSE_FIELD("confirmations", INT32, transaction_row, transaction.confirmations),
};
static const bourse_table deposit_table = BOURSE_TABLE(deposit_fields);

static const bourse_field withdrawal_fields[] = {
    BOURSE_FIELD_MUST("coin", STRING, transaction_row, transaction.currency),
    BOURSE_FIELD("chain", STRING, transaction_row, chain),
    BOURSE_FIELD_MUST("amount", DECIMAL, transaction_row, transaction.amount),
    BOURSE_FIELD_CUSTOM("txID", transaction_row, transaction.transaction_hash, bourse__bybit_read_text),
    BOURSE_FIELD("status", STRING, transaction_row, transaction.native_status),
    BOURSE_FIELD_CUSTOM("toAddress", transaction_row, transaction.address, bourse__bybit_read_text),
    BOURSE_FIELD_CUSTOM("tag", transaction_row, transaction.tag, bourse__bybit_read_text),
    BOURSE_FIELD("withdrawFee", DECIMAL, transaction_row, transaction.fee),
    BOURSE_FIELD_CUSTOM("createTime", transaction_row, transaction.time_ns, bourse_decode_time_ms),
    BOURSE_FIELD_CUSTOM("updateTime", transaction_row, transaction.updated_ns, bourse_decode_time_ms),
    BOURSE_FIELD_MUST("withdrawId", ID, transaction_row, transaction.id),
    BOURSE_FIELD("withdrawType", INT64, transaction_row, kind),
};
static const bourse_table withdrawal_table = BOURSE_TABLE(withdrawal_fields);

static int32_t is_asked(const bourse_call *call, const bourse_transaction *transaction) {
  const char *id = call->request->id, *hash = transaction->transaction_hash;
  return id == NULL || (transaction->id != NULL && strcmp(id, transaction->id) == 0) ||
         (hash != NULL && strcmp(id, hash) == 0);
}

static int32_t read_transaction(bourse_call *call, bourse_decoder *decoder, const bourse_table *table,
                                int32_t direction, const bourse_name *statuses) {
  transaction_row row;
  memset(&row, 0, sizeof row);
  row.kind = -1;
  int32_t code = bourse_decode_object(decoder, table, &row);
  if (code != BOURSE_OK || !is_asked(call, &row.transaction)) return code;
  bourse_transaction *transaction = bourse_append(call, BOURSE_KIND_TRANSACTION);
  if (transaction == NULL) return BOURSE_ERROR_MEMORY;
  *transaction = row.transaction;
  transaction->direction = direction;
  transaction->network = bourse__bybit_network_name(row.chain);
  transaction->internal = row.kind < 0 ? BOURSE_UNSET : row.kind == 1 ? BOURSE_YES : BOURSE_NO;
  transaction->status = bourse_name_value(statuses, bourse_slice_of(transaction->native_status));
  return BOURSE_OK;
}

static int32_t deposit_row_read(bourse_call *call, bourse_decoder *decoder) {
  return read_transaction(call, decoder, &deposit_table, BOURSE_DEPOSIT, deposit_statuses);
}
static int32_t withdrawal_row_read(bourse_call *call, bourse_decoder *decoder) {
  return read_transaction(call, decoder, &withdrawal_table, BOURSE_WITHDRAWAL, withdrawal_statuses);
}

BUILD(deposits) {
  bourse_put(call, "coin", call->request->currency);
  bourse__bybit_put_page(call);
  return BOURSE_OK;
}

/* Those inside the exchange too. */
BUILD(withdrawals) {
  bourse_put(call, "coin", call->request->currency);
  bourse_put(call, "withdrawID", call->request->id);
  bourse_put(call, "withdrawType", "2");
  bourse__bybit_put_page(call);
  return BOURSE_OK;
}

PARSE(deposits) { return bourse__bybit_pages(call, reply, "rows", deposit_row_read); }
PARSE(withdrawals) { return bourse__bybit_pages(call, reply, "rows", withdrawal_row_read); }

BUILD(withdraw) {
  const bourse_request *request = call->request;
  const char *wallet = wallet_name(call, "wallet", request->wallet != 0 ? request->wallet : BOURSE_WALLET_UNIFIED);
  if (wallet == NULL) return BOURSE_ERROR_UNSUPPORTED;
  bourse_put(call, "coin", request->currency);
  bourse_put(call, "chain", bourse__bybit_network_id(request->network));
  bourse_put(call, "address", request->address);
  bourse_put(call, "tag", request->tag);
  bourse_put_decimal(call, "amount", &request->amount);
  bourse__bybit_put_number(call, "timestamp", call->now_ns / BYBIT_MILLISECOND);
  bourse_put(call, "accountType", strcmp(wallet, "FUND") == 0 ? "FUND" : "UTA");
  bourse_put(call, "requestId", request->id);
  return BOURSE_OK;
}

typedef struct id_row {
  const char *id;
} id_row;
static const bourse_field id_fields[] = {BOURSE_FIELD_MUST("id", ID, id_row, id)};
static const bourse_table id_table = BOURSE_TABLE(id_fields);

PARSE(withdraw) {
  id_row row = {NULL};
  int32_t code = bourse__bybit_object(call, reply, &id_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_transaction *transaction = bourse_append_withdrawal(call, row.id);
  if (transaction == NULL) return BOURSE_ERROR_MEMORY;
  transaction->amount = call->request->amount;
  return BOURSE_OK;
}

/* --- Borrowing --- */

/* There is one margin account, for all markets. */
static int32_t check_cross(bourse_call *call) {
  if (call->request->symbol != NULL) return bourse_unsupported(call, "symbol", "there are no isolated margin accounts");
  if (call->request->margin_mode == BOURSE_MARGIN_ISOLATED)
    return bourse_unsupported(call, "margin_mode", "there are no isolated margin accounts");
  return BOURSE_OK;
}

BUILD(loan) {
  int32_t code = check_cross(call);
  bourse_put(call, "coin", call->request->currency);
  bourse_put_decimal(call, "amount", &call->request->amount);
  return code;
}

static const bourse_name loan_statuses[] = {
    {"P", BOURSE_TRANSFER_PENDING}, {"SU", BOURSE_TRANSFER_OK}, {"FA", BOURSE_TRANSFER_FAILED}, {NULL, 0}};

static const bourse_field loan_fields[] = {
    BOURSE_FIELD("amount", DECIMAL, bourse_loan, amount),
    BOURSE_FIELD_ENUM("resultStatus", bourse_loan, status, loan_statuses),
};
static const bourse_table loan_table = BOURSE_TABLE(loan_fields);

PARSE(loan) {
  bourse_loan row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__bybit_object(call, reply, &loan_table, &row),
          borrows = call->operation == BOURSE_OP_BORROW_MARGIN;
  if (code != BOURSE_OK) return code;
  bourse_loan *loan = bourse_append(call, BOURSE_KIND_LOAN);
  if (loan == NULL) return BOURSE_ERROR_MEMORY;
  *loan = row;
  loan->currency = call->request->currency;
  if (!PRESENT(loan->amount)) loan->amount = call->request->amount;
  loan->kind = borrows ? BOURSE_LOAN_BORROW : BOURSE_LOAN_REPAY;
  if (loan->status == 0 && borrows) loan->status = BOURSE_TRANSFER_OK;
  loan->time_ns = call->now_ns;
  return BOURSE_OK;
}

static const bourse_field rate_fields[] = {
    BOURSE_FIELD_MUST("currency", STRING, bourse_borrow_rate, currency),
    BOURSE_FIELD("timestamp", TIME_MS, bourse_borrow_rate, time_ns),
    BOURSE_FIELD("hourlyBorrowRate", DECIMAL, bourse_borrow_rate, rate),
    BOURSE_FIELD("availableToBorrow", DECIMAL, bourse_borrow_rate, limit),
};
static const bourse_table rate_table = BOURSE_TABLE(rate_fields);

static int32_t rate_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_borrow_rate row;
  const char *asked = call->request->currency;
  memset(&row, 0, sizeof row);
  int32_t code = bourse_decode_object(decoder, &rate_table, &row);
  if (code != BOURSE_OK || (asked != NULL && strcmp(asked, row.currency) != 0)) return code;
  bourse_borrow_rate *rate = bourse_append(call, BOURSE_KIND_BORROW_RATE);
  if (rate == NULL) return BOURSE_ERROR_MEMORY;
  *rate = row;
  rate->interval_ns = BYBIT_HOUR;
  if (rate->time_ns == 0) rate->time_ns = call->now_ns;
  return BOURSE_OK;
}

BUILD(borrow_rate) {
  int32_t code = check_cross(call);
  bourse_put(call, "currency", call->request->currency);
  return code;
}

/* A rate an hour, and no number of rows to ask for: a beginning and an end, or neither, which is a week. */
BUILD(rate_history) {
  int32_t code = check_cross(call);
  int64_t since_ns = call->since_ns, until_ns = call->until_ns, rows = call->limit;
  int64_t page_end_ns = since_ns + BYBIT_RATE_ROWS * BYBIT_HOUR - BYBIT_MILLISECOND;
  if (since_ns != 0) {
    if (until_ns == 0 || until_ns > page_end_ns) until_ns = page_end_ns;
  } else if (until_ns != 0 || rows > BYBIT_RATE_ROWS_USUAL) {
    if (until_ns == 0) until_ns = call->now_ns;
    since_ns = until_ns - (rows == 0 ? BYBIT_RATE_ROWS_USUAL : rows) * BYBIT_HOUR + BYBIT_MILLISECOND;
  }
  bourse_put(call, "currency", call->request->currency);
  bourse_put_ms(call, "startTime", since_ns);
  bourse_put_ms(call, "endTime", until_ns);
  return code;
}

PARSE(borrow_rates) { return bourse__bybit_list(call, reply, "list", rate_row_read, NULL); }

static const bourse_field interest_fields[] = {
    BOURSE_FIELD_MUST("currency", STRING, bourse_borrow_interest, currency),
    BOURSE_FIELD_MUST("createdTime", TIME_MS, bourse_borrow_interest, time_ns),
    BOURSE_FIELD("borrowCost", DECIMAL, bourse_borrow_interest, interest),
    BOURSE_FIELD("hourlyBorrowRate", DECIMAL, bourse_borrow_interest, rate),
    BOURSE_FIELD("InterestBearingBorrowSize", DECIMAL, bourse_borrow_interest, principal),
};
static const bourse_table interest_table = BOURSE_TABLE(interest_fields);

static int32_t interest_row_read(bourse_call *call, bourse_decoder *decoder) {
  bourse_borrow_interest *interest = bourse_append(call, BOURSE_KIND_BORROW_INTEREST);
  if (interest == NULL) return BOURSE_ERROR_MEMORY;
  interest->margin_mode = BOURSE_MARGIN_CROSS;
  return bourse_decode_object(decoder, &interest_table, interest);
}

BUILD(borrow_interest) {
  int32_t code = check_cross(call);
  bourse_put(call, "currency", call->request->currency);
  bourse__bybit_put_page(call);
  return code;
}

PARSE(borrow_interest) { return bourse__bybit_pages(call, reply, "list", interest_row_read); }

static const bourse_field limit_fields[] = {
    BOURSE_FIELD("currency", STRING, bourse_borrow_rate, currency),
    BOURSE_FIELD_MUST("maxLoan", DECIMAL, bourse_borrow_rate, limit),
};
static const bourse_table limit_table = BOURSE_TABLE(limit_fields);

BUILD(borrow_limit) {
  int32_t code = check_cross(call);
  bourse_put(call, "currency", call->request->currency);
  return code;
}

PARSE(borrow_limit) {
  bourse_borrow_rate row;
  memset(&row, 0, sizeof row);
  int32_t code = bourse__bybit_object(call, reply, &limit_table, &row);
  if (code != BOURSE_OK) return code;
  bourse_borrow_rate *limit = bourse_append(call, BOURSE_KIND_BORROW_RATE);
  if (limit == NULL) return BOURSE_ERROR_MEMORY;
  *limit = row;
  if (limit->currency == NULL) limit->currency = call->request->currency;
  limit->time_ns = call->now_ns;
  return BOURSE_OK;
}
